# %% [markdown]
# ## 11 · The forger's step
#
# **In this part you will** finish the game and let it run on real digits. Then you will change pixels in place of
# weights, and draw one picture in the manner of another.
#
# The generator wants $\log(1 - D(G(z)))$ to be small. At first $D$ finds every fake out, and this loss is nearly flat,
# just when a slope is needed most. So $G$ maximises $\log D(G(z))$, the **non-saturating** loss. Both want the same;
# look at the slopes by the logit $s$ of a fake, where $D = \sigma(s)$. **Predict** which curve belongs to which loss.

# %%
s = torch.linspace(-6, 6, 200, requires_grad=True)
figure, axes = plt.subplots(1, 2, figsize=(8, 2.6))
for axis, (name, loss) in zip(axes, {"log(1 − D)": -F.softplus(s), "−log D": F.softplus(-s)}.items(), strict=True):
    (slope,) = torch.autograd.grad(loss.sum(), s)
    axis.plot(s.detach(), loss.detach(), s.detach(), slope, "--")
    axis.set(title=name, xlabel="logit of a fake: found out on the left, believed on the right")
    axis.xaxis.label.set_size(7)
axes[0].legend(["loss", "slope"])
figure.tight_layout()

# %% [markdown]
# For binary cross-entropy, to make $-\log D$ of the fakes small is to *pretend that they are real*: label 1.
#
# ### Exercise: one step of the generator
# difficulty 3/5 · 12 minutes · cards: non-saturating, generator-labels, dcgan-generator-pass
#
# `fooling_losses` gives both losses for the logits of fakes, as means over the batch: $\log(1 - D)$ and $-\log D$. Logits
# of ±500 must work; there $\sigma(s)$ rounds to 0 or 1, and its logarithm is of no use.
#
# `generator_step` draws fakes from the noise (batch, size), asks the discriminator, whose logits are (batch, 1), and
# takes one step of `optimiser`, which holds the generator's parameters, on the non-saturating loss. It returns this loss
# as a plain number. Gradients that the generator still holds from earlier must not count. The discriminator keeps its
# weights, and both networks can still learn afterwards.
#
# hint: $-\log\sigma(s) = \log(1 + e^{-s})$, and torch has a function for $\log(1 + e^{x})$ that survives.
#
# hint: Is there anything to detach here? Through what must the slope travel to reach the generator?


# %% solution="generator_step" promises="leaves-inputs(noise, logits), numbers(generator_step), tensors(fooling_losses)"
def fooling_losses(logits: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The means of log(1 − D) and of −log D over the logits (batch,) of fakes."""
    ### BEGIN SOLUTION
    return -F.softplus(logits).mean(), F.softplus(-logits).mean()
    ### END SOLUTION


def generator_step(discriminator, generator, noise, optimiser) -> float:
    """One step of the generator: its non-saturating loss."""
    ### BEGIN SOLUTION
    optimiser.zero_grad()
    scores = discriminator(generator(noise)).view(-1)
    loss = F.binary_cross_entropy_with_logits(scores, torch.ones(len(scores)))
    loss.backward()
    optimiser.step()
    return loss.item()
    ### END SOLUTION


# %% tests="generator_step" points=5
def forger(step, weights, noise, lr, stale, times=1):
    """What the last of some steps returns, and the weights of both networks after it."""
    import torch
    from torch import nn

    generator = nn.Linear(noise.shape[1], weights[0].shape[1])
    discriminator = nn.Sequential(nn.Linear(weights[0].shape[1], 4), nn.Tanh(), nn.Linear(4, 1))
    both = [*discriminator.parameters(), *generator.parameters()]
    with torch.no_grad():
        for p, value in zip(both, weights, strict=True):
            p.copy_(value)
            p.grad = torch.full_like(p, stale)
    optimiser = torch.optim.SGD(generator.parameters(), lr)
    for _ in range(times):
        told = step(discriminator, generator, noise, optimiser)
    return told, [p.detach().clone() for p in both], all(p.requires_grad for p in both)


def walked(weights, noise, lr, times):
    """The last loss, and the generator's weights after some steps, from matrices."""
    w = [one.double() for one in weights]
    for _ in range(times):
        ours = [one.clone().requires_grad_() for one in w[4:]]
        fakes = noise.double() @ ours[0].T + ours[1]
        loss = F.softplus(-(torch.tanh(fakes @ w[0].T + w[1]) @ w[2].T + w[3])).mean()
        slopes = torch.autograd.grad(loss, ours)
        w[4:] = [one.detach() - lr * slope for one, slope in zip(ours, slopes, strict=True)]
    return loss.item(), w[4:]


def drawn_weights(rng, pixels, size):
    return [2 * rng.tensor(*shape) for shape in ((4, pixels), (4,), (1, 4), (1,), (pixels, size), (pixels,))]


def examples(rng):
    w = drawn_weights(rng, 3, 2)
    told = lambda noise: checks.on_student_side(forger, generator_step, w, noise, 0.1, 0.0)[0]
    yield checks.example(told, {"noise": rng.tensor(5, 2)}, of="generator_step")
    yield checks.example(fooling_losses, {"logits": rng.tensor(5)}, of="fooling_losses")


with checks.check("losses of one fake about which nobody is sure", hint="D is one half"):
    checks.close(fooling_losses(torch.zeros(1)), (-math.log(2), math.log(2)))
with checks.check("a step makes the fakes more believable", hint="which label does a forger want?"):
    w = [torch.ones(4, 1), torch.zeros(4), torch.ones(1, 4), torch.zeros(1), torch.ones(1, 1), torch.zeros(1)]
    told, after, _ = checks.on_student_side(forger, generator_step, w, torch.full((2, 1), 0.5), 0.1, 0.0)
    checks.close(told, math.log(1 + math.exp(-4 * math.tanh(0.5))), rtol=1e-4)
    checks.true(float(after[5].sum()) > 0.001, "the bias of the generator should have grown")
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("both losses, for any logits", hint="softplus survives where log(sigmoid) does not"):
    for n, reach in ((1, 3.0), (7, 9.0), (4, 500.0)):
        s = reach * rng.tensor(n, low=-1, high=1).double()
        right = [torch.log1p(torch.exp(-s.abs())) + (sign * s).clamp(min=0) for sign in (1, -1)]
        checks.close(fooling_losses(s.float()), (-right[0].mean(), right[1].mean()), rtol=1e-3, atol=1e-6)
with checks.check("the generator after one step and after several", hint="clear, draw, ask, walk back, step", points=2):
    for n, pixels, size, lr, stale, times in ((1, 2, 3, 0.3, 0.0, 1), (6, 3, 2, 0.1, 2.0, 1), (5, 1, 4, 0.2, -1.0, 4)):
        w, noise = drawn_weights(rng, pixels, size), rng.tensor(n, size)
        told, after, learns = checks.on_student_side(forger, generator_step, w, noise, lr, stale, times)
        loss, right = walked(w, noise, lr, times)
        checks.close(told, loss, rtol=1e-3, atol=1e-4, what="loss")
        for got, one in zip(after[4:], right, strict=True):
            checks.close(got, one, rtol=1e-3, atol=1e-4, what=f"after {times} steps")
        for got, one in zip(after[:4], w, strict=False):
            checks.close(got, one, what="a weight of the discriminator")
        checks.true(learns, "afterwards a parameter no longer requires a gradient: it could not learn any more")
### END HIDDEN TESTS

# %% [markdown]
# ## 12 · The game
#
# Both networks get an optimiser of their own. DCGAN's recipe: Adam, with $\beta_1$ lowered from 0.9 to 0.5, since the
# opponent changes all the time and old gradients mislead. All other options stay as torch has them.
#
# ### Exercise: the game
# difficulty 2/5 · 8 minutes · cards: two-optimisers, gan-loop, dcgan-adam
#
# Fill the blanks. `steps` are two functions like your `discriminator_step` and `generator_step`, with the same
# arguments and results. Each batch gets noise of its own, standard normal, of shape (batch, noise_size, 1, 1); the last
# batch may be smaller. First the detective learns, then the forger, from the same noise or from other noise of this
# kind. The loader yields pictures with labels that nobody needs.
#
# hint: How many fakes do you need, if the batch holds 64 pictures? And if it is the last one, with 32?


# %% solution="train_gan" promises="numbers"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.999))  # ? discriminator | 0.5
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, betas=(0.5, 0.999))  # ? generator | betas=(0.5, 0.999)
    history = []
    for _ in range(epochs):  # ? epochs
        for real, _ in loader:  # ? real | loader
            noise = torch.randn(len(real), noise_size, 1, 1)  # ? randn | len(real)
            told = turn_d(discriminator, generator, real, noise, optimiser_d)  # ? real, noise, optimiser_d
            loss_g = turn_g(discriminator, generator, noise, optimiser_g)  # ? noise, optimiser_g
            loss_d, on_real, on_fake = told  # ? loss_d, on_real, on_fake
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% tests="train_gan" points=4
def played(train_gan, n, size, epochs, noise_size, lr):
    """What comes back, and for each turn: whose, what it was given, and whether its optimiser is the right one."""
    import torch
    from torch import nn
    from torch.utils.data import DataLoader, TensorDataset

    generator, discriminator, turns = nn.Linear(noise_size, 2), nn.Linear(2, 1), []
    pictures = TensorDataset(torch.arange(2.0 * n).reshape(n, 2), torch.zeros(n))

    def noted(whose, given, noise, optimiser):
        held = [p for group in optimiser.param_groups for p in group["params"]]
        mine = (generator if whose == "g" else discriminator).parameters()
        right = {id(p) for p in held} == {id(p) for p in mine} and given == (discriminator, generator)
        options = []
        for group in optimiser.param_groups:
            changed = [one for one in ("weight_decay", "amsgrad", "maximize") if group.get(one)]
            changed += ["eps"] if group.get("eps") != 1e-8 else []
            options.append((tuple(group.get("betas", ())), group["lr"], changed))
        turns.append((whose, right, type(optimiser).__name__, options, id(optimiser), noise))

    def detective(d, g, real, noise, optimiser):
        noted("d", (d, g), noise.clone(), optimiser)
        turns.append(real.clone())
        return float(len(turns)), 0.75, 0.25

    def forger(d, g, noise, optimiser):
        noted("g", (d, g), noise.clone(), optimiser)
        return -float(len(turns))

    history = train_gan(
        generator, discriminator, DataLoader(pictures, size), epochs, noise_size, lr, (detective, forger)
    )
    return [tuple(row) for row in history], turns


def examples(rng):
    rows = lambda n: checks.on_student_side(played, train_gan, n, 2, 1, 2, 0.1)[0]
    yield checks.example(rows, {"n": 3})


with checks.check("two batches, each first the detective, then the forger", hint="what does a step return?"):
    history, turns = checks.on_student_side(played, train_gan, 4, 2, 1, 3, 0.1)
    checks.equal([turn[0] for turn in turns if type(turn) is tuple], ["d", "g", "d", "g"])
    checks.close(history, [(2.0, -3.0, 0.75, 0.25), (5.0, -6.0, 0.75, 0.25)])
### BEGIN HIDDEN TESTS
rng = checks.rng()
cases = [
    (n, size, epochs, noise_size, lr) for n, size, epochs, noise_size, lr in ((7, 3, 2, 5, 0.01), (4, 9, 3, 1, 0.3))
]
with checks.check("all pictures in every epoch", hint="for each epoch, for each batch"):
    for n, size, epochs, noise_size, lr in cases:
        history, turns = checks.on_student_side(played, train_gan, n, size, epochs, noise_size, lr)
        checks.equal(len(history), epochs * -(-n // size), what="rows of the history")
        seen = [turn for turn in turns if type(turn) is not tuple]
        checks.close(torch.cat(seen), torch.arange(2.0 * n).reshape(n, 2).repeat(epochs, 1), what="pictures")
with checks.check(
    "an optimiser for each, by the recipe, all the time", hint="Adam, whose parameters, which betas, what rate"
):
    for n, size, epochs, noise_size, lr in cases:
        turns = [
            t for t in checks.on_student_side(played, train_gan, n, size, epochs, noise_size, lr)[1] if type(t) is tuple
        ]
        checks.true(
            all(turn[1] for turn in turns), "an optimiser holds the wrong parameters, or the networks are swapped"
        )
        checks.equal({turn[2] for turn in turns}, {"Adam"}, what="kinds of optimisers")
        for betas, rate, changed in [group for turn in turns for group in turn[3]]:
            checks.close(betas, (0.5, 0.999), what="betas")
            checks.close(rate, lr, what="rate")
            checks.equal(changed, [], what="other options that are not as torch has them")
        checks.equal(len({turn[4] for turn in turns}), 2, what="how many optimisers there were")
with checks.check("fresh noise for each batch, as much as there are pictures", hint="randn, of the batch's length"):
    turns = [t for t in checks.on_student_side(played, train_gan, 1003, 500, 2, 4, 0.1)[1] if type(t) is tuple]
    again = [t for t in checks.on_student_side(played, train_gan, 1003, 500, 1, 4, 0.1)[1] if type(t) is tuple]
    for whose in "dg":
        noise, later = ([turn[5] for turn in play if turn[0] == whose] for play in (turns, again))
        for one, n in zip(noise, (500, 500, 3) * 2, strict=True):
            checks.shape(one, n, 4, 1, 1)
            checks.dtype(one, torch.float32)
        checks.true(not torch.equal(noise[0], noise[1]), "two batches got the same noise")
        checks.true(not torch.equal(noise[0], noise[3]), "two epochs got the same noise")
        checks.true(not torch.equal(noise[0], later[0]), "a second training got the same noise")
        # Of 8,024 standard normal numbers the mean has a standard error of 0.011, the variance one of 0.016.
        every = torch.cat([one.flatten() for one in noise]).double()
        checks.close(every.mean(), 0.0, atol=0.07, what="mean of the noise")
        checks.close(every.square().mean(), 1.0, atol=0.1, what="variance of the noise")
### END HIDDEN TESTS

# %% [markdown]
# Let them play. We keep the same rows of noise aside and look at their pictures now and then. **Predict:** when the
# game goes well, which answers does the detective give to real ones and to fakes, and which loss does it have?

# %% setup
from torch.utils.data import DataLoader, Subset, TensorDataset


def start_weights(layer):
    """DCGAN's start: weights of convolutions from a narrow normal distribution (`net.apply` calls it for each layer)."""
    if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(layer.weight, 0.0, 0.02)


# %%
torch.manual_seed(0)
generator, discriminator = Generator(16, 16).apply(start_weights), Discriminator(16).apply(start_weights)
real_digits = TensorDataset(2 * digits.train_x[:, None] - 1, train_y)  # from -1 (paper) to 1 (ink)
fixed, sheets = torch.randn(500, 16, 1, 1), []


def sheet():
    with torch.no_grad():
        sheets.append((generator(fixed)[:, 0] + 1) / 2)


def watched_step(*given):
    if watched_step.calls % 200 == 0:
        sheet()
    watched_step.calls += 1
    return generator_step(*given)


# %%
watched_step.calls, steps = 0, (discriminator_step, watched_step)
loader = DataLoader(Subset(real_digits, range(device.budget(4000, 20))), batch_size=64, shuffle=True)  # few when graded
history = torch.tensor(train_gan(generator, discriminator, loader, device.budget(12, 20), 16, 2e-3, steps))
sheet()
drawn["GAN, standard normal noise"] = sheets[-1].flatten(1)
show([picture for one in sheets for picture in one[:14]], columns=14, size=0.7)

# %% [markdown]
# Each row is a moment of the game, each column one and the same noise. First grey noise, then strokes, then something
# like digits, mostly crisp, unlike the VAE's. Not all are digits: twelve epochs are short, 4,000 pictures are few.

# %%
smooth = history.unfold(0, min(30, len(history)), 5).mean(dim=2)
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 2.8))
batches = 5 * torch.arange(len(smooth))
left.plot(batches, smooth[:, :2], label=["discriminator", "generator"])
left.axhline(2 * math.log(2), color="grey", linestyle=":", label="log 4")
left.set(title="losses", xlabel="batch")
left.legend(fontsize=8)
right.plot(batches, smooth[:, 2:], label=["real ones", "fakes"])
right.axhline(0.5, color="grey", linestyle=":")
right.set(title="how real the detective finds", xlabel="batch", ylim=(0, 1))
right.legend(fontsize=8)
figure.tight_layout()

# %% [markdown]
# Two curves that soon go *nowhere*, and that is the good case: the opponents keep pace, and the detective's loss hangs
# just below $\log 4$. A GAN's loss does not tell how good the pictures are. When things go wrong you see it here: a
# discriminator that is sure of everything (loss 0), or a generator that found one picture which always works and draws
# it for every noise (**mode collapse**; look across a row).
#
# Has it learnt the 4,000 pictures by heart? Below each fake, the real picture that is nearest to it. **Predict.**

# %%
fakes = sheets[-1][:10].flatten(1)
nearest = torch.cdist(fakes, digits.train_x.flatten(1)).argmin(dim=1)
show([*fakes, *digits.train_x[nearest]])

# %% [markdown]
# Relatives, but no copies: the forger never sees a real picture, only what the detective makes of its own.
#
# ### Two questions on the game
# Two to five sentences each are enough. Write as you would to somebody who has not taken this course.

# %% [markdown] question="flat_curves" points=2
# **It does not learn.** A friend trains a GAN, sees that both losses wobble around the same values for an hour, and stops:
# "it does not learn". What do you tell her? What would the two answers $D(x)$ and $D(G(z))$ look like (a) when the game goes
# well, (b) when the discriminator has won?
#
# ### BEGIN MARK SCHEME
# - 1 point: the losses are relative to an opponent that improves as well, so level curves are normal; look at the pictures
#   (of the same noise, over time) instead.
# - 1 point: (a) both not far from one half (loss of D a little below log 4); (b) real near 1, fakes near 0, loss of D near 0;
#   then log(1 − D) is flat and the generator gets hardly any slope.
# - Half an answer: "a good discriminator has a high loss" turns cause and effect round: no second point.
# ### END MARK SCHEME

# %% [markdown] question="two_detaches" points=2
# **Two detaches.** (1) In the discriminator's step somebody leaves `detach()` out. (2) In the generator's step somebody adds
# `detach()` to the fakes. For each: which numbers change, and would you notice?
#
# ### BEGIN MARK SCHEME
# - 1 point: (1) the discriminator's step is the same; the walk back goes on into the generator, costs time and leaves
#   gradients there, which do harm only if the generator's are not cleared before its own step.
# - 1 point: (2) no slope reaches the generator: its gradients are None (or zero), it never changes; the fakes stay as they
#   are, and the discriminator soon finds all of them.
# - Half an answer: "detach is needed because otherwise both train" for (1): the discriminator's optimiser moves only its own
#   parameters: no first point.
# ### END MARK SCHEME

# %% [markdown]
# *Further reading:* PyTorch's "DCGAN Tutorial", which plays this game with photographs of faces; Arjovsky, Chintala and
# Bottou, "Wasserstein GAN" (2017), arXiv 1701.07875, on a loss that does tell how good the pictures are.
#
# ## 13 · In the manner of
#
# A network's feature maps say *what* is *where* in a picture. Gatys, Ecker and Bethge found in 2015 how to separate the
# two. For the **content** of a picture, compare its maps place by place. For its **style**, ask which features occur
# *together*, no matter where: multiply two maps place by place and take the mean over all places. All pairs of channels
# give a table, the **Gram matrix** of the maps $F$ (channels, height, width):
#
# $$G_{ab} = \frac{1}{h\,w} \sum_{i,j} F_{aij}\, F_{bij}$$
#
# Neural style transfer starts from any picture, and changes its *pixels* by gradient descent until its maps agree with
# those of one picture and its Gram matrices with those of another:
#
# $$J = J_\text{content} + \lambda\, J_\text{style}$$
#
# ### Exercise: content and style
# difficulty 3/5 · 12 minutes · cards: gram-matrix, content-cost, style-cost, style-transfer
#
# `gram` gives a table (batch, channels, channels) for maps (batch, channels, height, width). `transfer_cost` is $J$ for
# one picture, whose maps you are given as a list, a layer each, from fine to coarse: $J_\text{content}$ is the mean
# squared difference between the *last* layer's maps and `content`, and $J_\text{style}$ the sum, over the layers, of
# the mean squared difference between the Gram matrix and that layer's entry of `style`, a list of Gram matrices.
#
# hint: With the places in one axis, each picture is a matrix of channels by places. What is that times its transpose?


# %% solution="gram" promises="leaves-inputs, differentiable(maps), tensor, any-float, any-layout, any-size(one pixel)"
def gram(maps: torch.Tensor) -> torch.Tensor:
    """The Gram matrices (batch, channels, channels) of maps (batch, channels, height, width)."""
    ### BEGIN SOLUTION
    return torch.einsum("bchw,bdhw->bcd", maps, maps) / (maps.shape[2] * maps.shape[3])
    ### END SOLUTION


def transfer_cost(maps: list, content: torch.Tensor, style: list, weight: float) -> torch.Tensor:
    """Content plus weight times style, for the maps of a picture at each layer."""
    ### BEGIN SOLUTION
    places = [one.shape[2] * one.shape[3] for one in maps]
    grams = [torch.einsum("bchw,bdhw->bcd", one, one) / n for one, n in zip(maps, places, strict=True)]
    style_cost = sum(((ours - theirs) ** 2).mean() for ours, theirs in zip(grams, style, strict=True))
    return ((maps[-1] - content) ** 2).mean() + weight * style_cost
    ### END SOLUTION


# %% tests="gram" points=5
def examples(rng):
    yield checks.example(gram, {"maps": rng.tensor(2, 3, 2, 4)})
    layers = [rng.tensor(1, 2, 4, 4), rng.tensor(1, 3, 2, 2)]
    given = {"maps": layers, "content": rng.tensor(1, 3, 2, 2), "style": [rng.tensor(1, 2, 2), rng.tensor(1, 3, 3)]}
    yield checks.example(transfer_cost, given | {"weight": 2.0})
    pixel = torch.tensor([[[[1.0]], [[2.0]]]])
    yield checks.example(gram, {"maps": pixel}, size="one pixel", right=[[[1.0, 2.0], [2.0, 4.0]]])


maps = torch.tensor([[[[1.0, 0.0], [1.0, 0.0]], [[2.0, 2.0], [0.0, 0.0]]]])
with checks.check("two maps of four places", hint="where are both on? A mean over four places"):
    checks.close(gram(maps), [[[0.5, 0.5], [0.5, 2.0]]])
with checks.check("the cost of a picture that has the style and not the content", hint="every difference is 1"):
    checks.close(transfer_cost([maps], maps + 1, [torch.tensor([[[0.5, 0.5], [0.5, 2.0]]])], 7.0), 1.0)
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("Gram matrices of any maps", hint="one table for each picture, divided by its places"):
    for shape in ((1, 4, 3, 3), (3, 2, 5, 2), (2, 6, 1, 4)):
        maps = 3 * rng.tensor(*shape)
        right = torch.stack([torch.stack([(one * one[c]).mean(dim=(1, 2)) for c in range(shape[1])]) for one in maps])
        checks.close(gram(maps), right, rtol=1e-3, atol=1e-4, what=f"maps {shape}")
with checks.check("costs over several layers", points=2, hint="content by the last layer, style by all, weighted once"):
    for weight in (0.0, 1.0, 30.0):
        layers = [rng.tensor(1, 3, 6, 4), rng.tensor(1, 5, 3, 2), rng.tensor(1, 2, 2, 3)]
        content, style = rng.tensor(1, 2, 2, 3), [rng.tensor(1, n, n) for n in (3, 5, 2)]
        flat = [one.double().flatten(2)[0] for one in layers]
        tables = [f @ f.T / f.shape[1] for f in flat]
        right = sum((ours - theirs[0]).square().mean() for ours, theirs in zip(tables, style, strict=True))
        right = (layers[2] - content).double().square().mean() + weight * right
        checks.close(transfer_cost(layers, content, style, weight), right, rtol=1e-3, atol=1e-5, what=f"λ = {weight}")
### END HIDDEN TESTS

# %% [markdown]
# The authors used a network trained on photographs; three layers of *random* kernels do surprisingly well. Here the
# content is a photograph, the manner that of people writing digits. **Predict** which of the costs is 0 at the start.

# %%
from matplotlib import cbook
from PIL import Image

photo = Image.open(cbook.get_sample_data("grace_hopper.jpg", asfileobj=False)).convert("L")  # comes with matplotlib
content_picture = torch.tensor(np.array(photo.resize((112, 133)))[None, None, :112] / 255, dtype=torch.float32)
wall = digits.train_x[:64, 4:24, 4:24].reshape(8, 8, 20, 20).permute(0, 2, 1, 3).reshape(1, 1, 160, 160)
style_picture = 1 - F.interpolate(wall, size=(112, 112), mode="area")
torch.manual_seed(0)
banks = [torch.randn(n, m, 5, 5) * (2 / (25 * m)) ** 0.5 for m, n in pairwise((1, 24, 32, 32))]


def maps_of(picture):
    """What three layers of random kernels see, each on a map half as large as the one before."""
    maps, seen = picture - 0.5, []
    for bank in banks:
        seen.append(F.relu(F.conv2d(F.pad(maps, (2, 2, 2, 2), mode="reflect"), bank)))
        maps = F.avg_pool2d(seen[-1], 2)
    return seen


# %%
picture, wanted = content_picture.clone().requires_grad_(), [gram(one) for one in maps_of(style_picture)]
content_maps, optimiser, costs = maps_of(content_picture)[-1], torch.optim.Adam([picture], lr=0.03), []
for _ in range(device.budget(100, 20)):
    cost = transfer_cost(maps_of(picture), content_maps, wanted, 300.0)
    optimiser.zero_grad()
    cost.backward()
    optimiser.step()
    picture.data.clamp_(0, 1)
    costs.append(cost.item())
figure, axes = plt.subplots(1, 3, figsize=(9, 3.2))
for axis, one in zip(axes, (content_picture, style_picture, picture.detach()), strict=True):
    axis.imshow(one[0, 0], cmap="gray", vmin=0, vmax=1)
    axis.set_axis_off()
axes[2].set_title(f"J from {costs[0]:.3f} to {costs[-1]:.3f}", fontsize=9)
figure.tight_layout()

# %% [markdown]
# The start is the photograph itself, so its content cost is 0 and all of the first $J$ is style. What is left of Grace
# Hopper is in the large outlines; the small strokes are those of a pen.

# %% [markdown] question="shuffled_places" points=2
# **Shuffled.** You cut a picture's feature maps into their places and shuffle the places, all channels in the same way. What
# happens to the content cost, and to the Gram matrix? What does this say about which kinds of style such a cost can see, and
# which it cannot?
#
# ### BEGIN MARK SCHEME
# - 1 point: the content cost grows, as it compares place by place; the Gram matrix stays exactly the same, a mean over
#   places.
# - 1 point: it sees what occurs together within a kernel's view: strokes, texture, colours; not composition, that is, where
#   things are (or anything larger than the receptive field).
# - Half an answer: "Gram matrices measure the correlation of channels" repeats the definition: no second point.
# ### END MARK SCHEME

# %% [markdown]
# *Further reading:* Gatys, Ecker and Bethge, "A Neural Algorithm of Artistic Style" (2015), arXiv 1508.06576; Ustyuzhaninov
# and others, "Texture Synthesis Using Shallow Convolutional Networks with Random Filters" (2016), arXiv 1606.00021.
#
# **Now you can** teach a forger without harming the detective, run their game, and draw in another picture's manner.
