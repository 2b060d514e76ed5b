# %% [markdown]
# ## 8 · A forger and a detective
#
# **In this part you will** train two networks against each other, one of which draws digits while the other tells them
# from real ones: what the best detective would answer, the layers that make pictures larger, the steps of both, and the
# loop.
#
# A VAE's drawings are soft, since its loss compares them pixel by pixel, and whoever is unsure where a stroke goes does
# best by drawing it grey. In 2014 Ian Goodfellow and others proposed to *learn* the comparison. Two networks play a game.
# The **generator** $G$ makes pictures $G(z)$ from noise $z$. The **discriminator** $D$ is shown real pictures and fakes, and says for
# each how probable it is that it is real. $D$ is trained to be right, $G$ to make $D$ wrong: a **generative adversarial
# network** (GAN).
#
# $$\min_G \max_D\; V(D, G) = \mathbb{E}_{x \sim \text{data}}\bigl[\log D(x)\bigr]
#   + \mathbb{E}_{x \sim G}\bigl[\log(1 - D(x))\bigr]$$
#
# No picture is ever compared with another one. Before we train anything: how does the game end? Suppose there are only
# $n$ different pictures. The data show picture $i$ with probability $p_i$, the generator makes it with probability $q_i$.
#
# ### Exercise: the best detective
# difficulty 3/5 · 12 minutes · cards: gan-game, best-discriminator, gan-equilibrium
#
# Write the value of the game, $V = \sum_i p_i \log d_i + q_i \log(1 - d_i)$, for a discriminator that answers $d_i$ to
# picture $i$. What never happens costs nothing: where $p_i$ or $q_i$ is 0, its term is 0, also beside a logarithm of 0.
# But if what does happen was held to be impossible, $V$ is minus infinity (`-inf`).
# And write the answers $d$ of the discriminator for which $V$ is as large as possible. For a picture that neither of the
# two ever shows, all answers are equally good: let it say one half.
#
# hint: Each $d_i$ can be chosen on its own. Where is the slope of $p \log d + q \log(1-d)$ zero?
#
# hint: `torch.xlogy(a, b)` is $a \log b$, and 0 where $a$ is 0.


# %% solution="best" promises="leaves-inputs, tensor, any-float, any-layout, any-size(one picture)"
def game_value(p: torch.Tensor, q: torch.Tensor, d: torch.Tensor) -> torch.Tensor:
    """The value () of the game for probabilities p of the data, q of the generator, and answers d, all (n,)."""
    ### BEGIN SOLUTION
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum()
    ### END SOLUTION


def best_discriminator(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """The answers (n,) with the largest value."""
    ### BEGIN SOLUTION
    shown = p + q > 0
    return torch.where(shown, p / torch.where(shown, p + q, 1), 0.5)
    ### END SOLUTION


# %% tests="best" points=5
def examples(rng):
    given = {name: torch.softmax(rng.tensor(5), dim=0) for name in "pq"}
    yield checks.example(best_discriminator, given)
    yield checks.example(game_value, given | {"d": rng.tensor(5, low=0.1, high=0.9)})
    one = {"p": torch.ones(1), "q": torch.ones(1)}
    yield checks.example(best_discriminator, one, size="one picture", right=[0.5])


with checks.check("a coin for two pictures, of which each side shows one", hint="log of one half, twice"):
    p, q = torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0])
    checks.close(game_value(p, q, torch.tensor([0.5, 0.5])), -2 * math.log(2))
with checks.check("three times as often real as fake", hint="what share of the times that you see it is it real?"):
    checks.close(best_discriminator(torch.tensor([0.3, 0.7]), torch.tensor([0.1, 0.9])), [0.75, 0.4375])
### BEGIN HIDDEN TESTS
rng = checks.rng()


def shares(n, *never):
    """n probabilities, some of them 0."""
    p = rng.tensor(n, low=0.1, high=1).clone()
    p[list(never)] = 0
    return p / p.sum()


cases = [
    (shares(6, 0, 1), shares(6, 1, 2)),
    (shares(9), shares(9)),
    (shares(2, 0), shares(2, 1)),
    (shares(4), shares(4, 3)),
]
with checks.check("values, where something never happens too", hint="0 · log 0 is 0 here"):
    for p, q in cases:
        d = torch.where(p + q > 0, rng.tensor(len(p), low=0.05, high=0.95), 0.5)
        right = sum(
            float(a.double() * x.double().log() + b.double() * (1 - x.double()).log())
            for a, b, x in zip(p, q, d, strict=True)
        )
        checks.close(game_value(p, q, d), right, rtol=1e-4)
    p, q = torch.tensor([0.5, 0.5, 0.0]), torch.tensor([0.0, 0.5, 0.5])
    checks.close(game_value(p, q, torch.tensor([1.0, 0.5, 0.0])), -math.log(2), what="sure where it can be")
    checks.close(game_value(q, q, torch.tensor([1.0, 0.5, 0.5])), -2 * math.log(2), what="sure of what never happens")
    for d in ([0.0, 0.5, 0.5], [0.5, 1.0, 0.5]):  # one of both kinds is ruled out, and happens
        checks.close(game_value(p, q, torch.tensor(d)), -math.inf, what="sure, and wrong")
with checks.check("the best answers, and one half for what nobody shows", points=2, hint="p over p plus q, unless 0"):
    for p, q in cases:
        right = [float(a / (a + b)) if a + b > 0 else 0.5 for a, b in zip(p, q, strict=True)]
        checks.close(best_discriminator(p, q), right, rtol=1e-4)
    p, q = torch.tensor([3e-7, 1.0, 2e-7]), torch.tensor([1e-7, 1.0, 0.0])
    checks.close(best_discriminator(p, q), [0.75, 0.5, 1.0], rtol=1e-4, what="pictures that are rare")
    same = shares(7, 2)
    checks.close(best_discriminator(same, same), torch.full((7,), 0.5), what="a perfect generator")
### END HIDDEN TESTS

# %% [markdown]
# So a perfect generator, $q = p$, leaves even the best detective at one half for every picture, and the value of the game
# is $-\log 4 \approx -1.386$. In between, the value of the best detective tells how far apart $p$ and $q$ are:
# $V = -\log 4 + 2\,\mathrm{JS}(p, q)$, where JS is the **Jensen–Shannon divergence**. Watch a forger get better;
# the "pictures" are 400 places on a line, and both distributions are drawn with height 1.
# (What we will *minimise* for $D$ is $-V$. So an ideal discriminator has a *low* loss against a bad generator, and $\log 4$
# against a perfect one.)

# %%
places = torch.linspace(-4, 6, 400)
bell = lambda middle: torch.softmax(-0.5 * (places - middle) ** 2, dim=0)
figure, axes = plt.subplots(1, 3, figsize=(10, 2.6))
for axis, middle in zip(axes, (3.0, 1.0, 0.0), strict=True):
    p, q = bell(0.0), bell(middle)
    best = best_discriminator(p, q)
    axis.plot(places, p / p.max(), places, q / p.max(), "--", places, best, ":")
    axis.set_title(f"V = {game_value(p, q, best):.3f}", fontsize=10)
    axis.set_xlabel("place")
axes[0].legend(["data", "generator", "best D"], fontsize=8)
figure.tight_layout()

# %% [markdown]
# *Further reading:* Goodfellow and others, "Generative Adversarial Nets" (2014), arXiv 1406.2661, section 4; Goodfellow,
# "NIPS 2016 Tutorial: Generative Adversarial Networks", arXiv 1701.00160.
#
# ## 9 · Layers that make pictures larger
#
# The first GANs were dense networks. In 2015 Radford, Metz and Chintala found a recipe by which *convolutional* ones
# train reliably, the **DCGAN**: strides in place of pooling, batch norm in both networks, ReLU in the generator, leaky
# ReLU in the discriminator, tanh at the end. The discriminator is an ordinary network that halves pictures. The generator
# has to double them, by **transposed convolutions**: each pixel of the input stamps a scaled kernel on the output,
# `stride` pixels from its neighbour's, and `padding` pixels are cut off all around.
#
# A convolution with stride rounds down: with kernel 4, stride 2 and padding 1 both 28 and 29 pixels become 14. So its
# transpose cannot know to which of them it should return. It returns to the smallest, unless `output_padding` adds some
# pixels at the end, fewer than `stride`.
#
# ### Exercise: there and back
# difficulty 3/5 · 10 minutes · cards: transposed-size, output-padding, matching-transposed
#
# Write all three, for one axis: the size after a convolution; the size after a transposed one; and the
# `output_padding` with which the transposed convolution undoes, in size, a convolution that began with `n` pixels.
# The kernel fits into the padded picture.
#
# hint: In a transposed convolution, where does the first stamp begin, where does the last one, and where does it end?
#
# hint: How many pixels did the rounding lose?


# %% solution="sizes" promises="numbers"
def size_down(n: int, kernel: int, stride: int, padding: int) -> int:
    """The size of nn.Conv2d's output."""
    ### BEGIN SOLUTION
    return (n + 2 * padding - kernel) // stride + 1
    ### END SOLUTION


def size_up(n: int, kernel: int, stride: int, padding: int, output_padding: int = 0) -> int:
    """The size of nn.ConvTranspose2d's output."""
    ### BEGIN SOLUTION
    return (n - 1) * stride + kernel - 2 * padding + output_padding
    ### END SOLUTION


def output_padding_for(n: int, kernel: int, stride: int, padding: int) -> int:
    """The output_padding with which a transposed convolution returns to n."""
    ### BEGIN SOLUTION
    return (n + 2 * padding - kernel) % stride
    ### END SOLUTION


# %% tests="sizes" points=5
def examples(rng):
    given = {"n": rng.integer(7, 20), "kernel": rng.integer(2, 4), "stride": rng.integer(1, 3), "padding": 1}
    for function in (size_down, size_up, output_padding_for):
        yield checks.example(function, given)


with checks.check("28 to 14 and back, with kernel 4, stride 2, padding 1", hint="28 + 2 − 4 steps of 2, and the first"):
    checks.equal(size_down(28, 4, 2, 1), 14, what="down")
    checks.equal(size_up(14, 4, 2, 1), 28, what="up")
with checks.check("29 pixels become 14 as well", hint="one pixel was lost in rounding"):
    checks.equal(output_padding_for(29, 4, 2, 1), 1)
    checks.equal(output_padding_for(28, 4, 2, 1), 0)
### BEGIN HIDDEN TESTS
rng = checks.rng()
cases = [(1, 1, 1, 0), (9, 3, 2, 0), (10, 3, 2, 1), (11, 5, 3, 2), (12, 2, 4, 0), (7, 7, 2, 0), (10, 5, 3, 0)]
cases += [(rng.integer(8, 20), rng.integer(1, 6), rng.integer(1, 5), rng.integer(0, 3)) for _ in range(12)]
with checks.check("sizes of convolutions", hint="ask nn.Conv2d for a few sizes"):
    for n, k, s, p in cases:
        right = F.conv1d(torch.zeros(1, 1, n), torch.zeros(1, 1, k), stride=s, padding=p).shape[-1]
        checks.equal(size_down(n, k, s, p), right, what=f"{n} pixels, kernel {k}, stride {s}, padding {p}")
with checks.check("sizes of transposed convolutions, back again", points=2, hint="the rest of a division"):
    for n, k, s, p in cases:
        what = f"{n} pixels, kernel {k}, stride {s}, padding {p}"
        up = lambda m, **o: F.conv_transpose1d(torch.zeros(1, 1, m), torch.zeros(1, 1, k), stride=s, padding=p, **o)
        if (n - 1) * s + k - 2 * p > 0:
            checks.equal(size_up(n, k, s, p), up(n).shape[-1], what=f"up from {what}")
            checks.equal(size_up(n, k, s, p, s - 1), up(n).shape[-1] + s - 1, what=f"and {s - 1} more from {what}")
        small = (n + 2 * p - k) // s + 1
        checks.equal(output_padding_for(n, k, s, p), n - ((small - 1) * s + k - 2 * p), what=f"back to {what}")
### END HIDDEN TESTS

# %% [markdown]
# Now the two networks. Noise is a "picture" of one pixel with many channels. **Predict** the sizes on its way up.
#
# ### Exercise: DCGAN, small
# difficulty 2/5 · 10 minutes · cards: dcgan-generator, dcgan-discriminator, dcgan-rules
#
# Fill the blanks.
#
# ```
# generator      (noise, 1, 1)  kernel 7            →  (2·width, 7, 7)   batch norm, ReLU
#                               kernel 4, stride 2  →  (width, 14, 14)   batch norm, ReLU
#                               kernel 4, stride 2  →  (1, 28, 28)       tanh: ink is 1, paper is −1
# discriminator  (1, 28, 28)    kernel 4, stride 2  →  (width, 14, 14)   leaky ReLU
#                               kernel 4, stride 2  →  (2·width, 7, 7)   batch norm, leaky ReLU
#                               kernel 7            →  (answers, 1, 1)   flattened to (batch, answers)
# ```
#
# The layers before a batch norm have no bias, since batch norm would take it away again. (With 1 answer it is a
# detective. Keep in mind that with 10 it would be a reader of digits.)
#
# hint: Which padding takes 14 to 28, with kernel 4 and stride 2?


# %% solution="Generator" promises="leaves-inputs, tensor"
class Generator(nn.Module):
    """Pictures (batch, 1, 28, 28) from -1 to 1, of noise (batch, noise, 1, 1)."""

    def __init__(self, noise: int, width: int):
        super().__init__()
        self.net = nn.Sequential(
            nn.ConvTranspose2d(noise, 2 * width, 7, bias=False),  # ? ConvTranspose2d | noise, 2 * width, 7
            nn.BatchNorm2d(2 * width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1, bias=False),  # ? 2 * width, width, 4 | 1
            nn.BatchNorm2d(width),  # ? BatchNorm2d(width)
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(width, 1, 4, stride=2, padding=1),
            nn.Tanh(),  # ? Tanh
        )

    def forward(self, noise: torch.Tensor) -> torch.Tensor:
        return self.net(noise)


class Discriminator(nn.Module):
    """Logits (batch, answers) of pictures (batch, 1, 28, 28)."""

    def __init__(self, width: int, answers: int = 1):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, width, 4, stride=2, padding=1),  # ? 1, width, 4 | 2
            nn.LeakyReLU(0.2),  # ? LeakyReLU
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(2 * width),  # ? 2 * width
            nn.LeakyReLU(0.2),  # ? LeakyReLU
            nn.Conv2d(2 * width, answers, 7),  # ? answers, 7
            nn.Flatten(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


# %% tests="Generator" points=4
def examples(rng):
    eval_of = lambda net, *sizes: net(*sizes).eval()
    yield checks.example(eval_of(Generator, 3, 2), {"noise": rng.tensor(2, 3, 1, 1)})
    yield checks.example(eval_of(Discriminator, 2, 3), {"x": rng.tensor(2, 1, 28, 28)})


def run_net(net_class, sizes, weights, x, training):
    """The shapes of a network's parameters, and what comes out with these weights."""
    import torch

    net = net_class(*sizes).train(training)
    with torch.no_grad():
        for p, value in zip(net.parameters(), weights, strict=False):
            if p.shape == value.shape:
                p.copy_(value)
        return [tuple(p.shape) for p in net.parameters()], net(x)


with checks.check("sizes of a generator of width 3, from 5 numbers", hint="follow the drawing, arrow by arrow"):
    shapes, fakes = checks.on_student_side(run_net, Generator, (5, 3), [], torch.ones(2, 5, 1, 1), True)
    checks.equal(shapes, [(5, 6, 7, 7), (6,), (6,), (6, 3, 4, 4), (3,), (3,), (3, 1, 4, 4), (1,)], what="parameters")
    checks.shape(fakes, 2, 1, 28, 28)
with checks.check("sizes of a discriminator of width 3, with 10 answers", hint="follow the drawing, arrow by arrow"):
    shapes, scores = checks.on_student_side(run_net, Discriminator, (3, 10), [], torch.ones(2, 1, 28, 28), True)
    checks.equal(shapes, [(3, 1, 4, 4), (3,), (6, 3, 4, 4), (6,), (6,), (10, 6, 7, 7), (10,)], what="parameters")
    checks.shape(scores, 2, 10)
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("what the generator draws", hint="strides, paddings, batch norm, ReLU, tanh"):
    for noise, width, training, n in ((4, 2, True, 3), (3, 3, False, 1), (1, 1, True, 2)):
        sizes = [(noise, 2 * width, 7, 7), (2 * width,), (2 * width,), (2 * width, width, 4, 4), (width,), (width,)]
        w = [rng.tensor(*size) for size in [*sizes, (width, 1, 4, 4), (1,)]]
        z = rng.tensor(n, noise, 1, 1)
        normal = lambda x, a, b, on=training: F.batch_norm(x, x[0, :, 0, 0] * 0, x[0, :, 0, 0] * 0 + 1, a, b, on).clamp(
            0
        )
        right = normal(F.conv_transpose2d(z, w[0]), w[1], w[2])
        right = normal(F.conv_transpose2d(right, w[3], stride=2, padding=1), w[4], w[5])
        right = torch.tanh(F.conv_transpose2d(right, w[6], w[7], stride=2, padding=1))
        got = checks.on_student_side(run_net, Generator, (noise, width), w, z, training)[1]
        checks.close(got, right, rtol=1e-3, atol=1e-3, what=f"{noise} numbers, width {width}")
with checks.check("what the discriminator says", hint="leaky ReLU lets a fifth of what is negative through"):
    for width, answers, training, n in ((2, 1, True, 3), (3, 4, False, 1)):
        sizes = [(width, 1, 4, 4), (width,), (2 * width, width, 4, 4), (2 * width,), (2 * width,)]
        w = [rng.tensor(*size) for size in [*sizes, (answers, 2 * width, 7, 7), (answers,)]]
        x, leaky = rng.tensor(n, 1, 28, 28), lambda a: torch.where(a > 0, a, 0.2 * a)
        middle = F.conv2d(leaky(F.conv2d(x, w[0], w[1], stride=2, padding=1)), w[2], stride=2, padding=1)
        zeros, ones = torch.zeros(2 * width), torch.ones(2 * width)
        middle = leaky(F.batch_norm(middle, zeros, ones, w[3], w[4], training))
        got = checks.on_student_side(run_net, Discriminator, (width, answers), w, x, training)[1]
        checks.close(got, F.conv2d(middle, w[5], w[6]).flatten(1), rtol=1e-3, atol=1e-3, what=f"width {width}")
### END HIDDEN TESTS

# %% [markdown]
# *Further reading:* Radford, Metz and Chintala, "Unsupervised Representation Learning with Deep Convolutional Generative
# Adversarial Networks" (2015), arXiv 1511.06434; Dumoulin and Visin, "A guide to convolution arithmetic for deep
# learning" (2016), arXiv 1603.07285, whose animations show every transposed convolution at work; Odena and others,
# "Deconvolution and Checkerboard Artifacts" (Distill, 2016).
#
# ## 10 · The detective's step
#
# The discriminator's two terms are two halves of a binary cross-entropy. `F.binary_cross_entropy_with_logits(scores,
# labels)` is the mean of $-y \log D - (1-y) \log(1-D)$, so the *labels* decide which half is left: with ones it is
# $-\log D$, with zeros $-\log(1-D)$. One step of the discriminator, therefore:
#
# 1. clear its gradients;
# 2. real pictures, labels 1, loss, walk back;
# 3. fake pictures, labels 0, loss, walk back (the gradients add up);
# 4. one step of *its* optimiser.
#
# The fakes come from the generator, and the walk back would go on into it, cost time, and leave gradients there that
# nobody asked for. `detach()` ends the walk at the fakes.
#
# ### Exercise: one step of the discriminator
# difficulty 2/5 · 12 minutes · cards: gan-labels, gan-detach, dcgan-real-pass, dcgan-fake-pass
#
# Fill the blanks. `noise` has as many rows as there are real pictures. The discriminator gives logits (batch, 1). Both
# networks may hold gradients from earlier. What comes back: the sum of the two losses, and how real the discriminator
# found the real pictures and the fakes, as mean probabilities before the step.
#
# hint: `labels.fill_(value)` changes all labels in place.


# %% solution="discriminator_step" promises="leaves-inputs(real, noise), numbers"
def discriminator_step(discriminator, generator, real, noise, optimiser) -> tuple[float, float, float]:
    """One step of the discriminator on real pictures and fakes: its loss, and its mean answer to each."""
    bce = F.binary_cross_entropy_with_logits
    optimiser.zero_grad()  # ? zero_grad()
    labels = torch.full((len(real),), 1.0)  # ? len(real) | 1.0
    scores = discriminator(real).view(-1)  # ? real | view(-1)
    loss_on_real = bce(scores, labels)  # ? scores, labels
    loss_on_real.backward()  # ? backward()
    on_real = torch.sigmoid(scores).mean().item()  # ? sigmoid | mean()

    fake = generator(noise)  # ? generator(noise)
    labels.fill_(0.0)  # ? fill_(0.0)
    scores = discriminator(fake.detach()).view(-1)  # ? fake.detach()
    loss_on_fake = bce(scores, labels)  # ? scores, labels
    loss_on_fake.backward()  # ? backward()
    on_fake = torch.sigmoid(scores).mean().item()  # ? mean().item()
    optimiser.step()  # ? optimiser.step()
    return (loss_on_real + loss_on_fake).item(), on_real, on_fake  # ? loss_on_real + loss_on_fake | item()


# %% tests="discriminator_step" points=4
def detective(step, weights, real, noise, lr, stale):
    """What a step returns, and weights and gradients of both networks after it; each weight had a gradient before."""
    import torch
    from torch import nn

    generator = nn.Linear(noise.shape[1], real.shape[1])
    discriminator = nn.Sequential(nn.Linear(real.shape[1], 4), nn.Tanh(), nn.Linear(4, 1))
    both = [*discriminator.parameters(), *generator.parameters()]
    with torch.no_grad():
        for p, value in zip(both, weights, strict=True):
            p.copy_(value)
            p.grad = torch.full_like(p, stale)
    told = step(discriminator, generator, real, noise, torch.optim.SGD(discriminator.parameters(), lr))
    return tuple(told), [p.detach().clone() for p in both], [p.grad for p in generator.parameters()]


def right_step(weights, real, noise, lr):
    """The same from matrices."""
    w = [one.double().requires_grad_() for one in weights]
    score = lambda x: (torch.tanh(x @ w[0].T + w[1]) @ w[2].T + w[3])[:, 0]
    on_real, on_fake = score(real.double()), score((noise.double() @ w[4].T + w[5]).detach())
    loss = F.softplus(-on_real).mean() + F.softplus(on_fake).mean()
    slopes = torch.autograd.grad(loss, w[:4])
    moved = [one.detach() - lr * slope for one, slope in zip(w, slopes, strict=False)]
    told = (loss.item(), on_real.sigmoid().mean().item(), on_fake.sigmoid().mean().item())
    return told, moved


def examples(rng):
    w = [rng.tensor(*size) for size in ((4, 3), (4,), (1, 4), (1,), (3, 2), (3,))]
    told = lambda real, noise: checks.on_student_side(detective, discriminator_step, w, real, noise, 0.1, 0.0)[0]
    yield checks.example(told, {"real": rng.tensor(5, 3), "noise": rng.tensor(5, 2)})


zeros = [torch.zeros(size) for size in ((4, 1), (4,), (1, 4), (1,), (1, 1), (1,))]
with checks.check("a detective without any idea", hint="one half for everybody costs log 2, twice"):
    told, after, _ = checks.on_student_side(
        detective, discriminator_step, zeros, torch.ones(2, 1), torch.ones(2, 1), 1.0, 0.0
    )
    checks.close(told, (2 * math.log(2), 0.5, 0.5))
    checks.close(after[3], [0.0], atol=1e-6, what="its last bias, which real ones push up and fakes down")
### BEGIN HIDDEN TESTS
rng = checks.rng()
cases = []
for n, pixels, size in ((1, 2, 3), (6, 3, 2), (9, 1, 4)):
    shapes = ((4, pixels), (4,), (1, 4), (1,), (pixels, size), (pixels,))
    given = [2 * rng.tensor(*shape) for shape in shapes], 2 * rng.tensor(n, pixels) + 1, rng.tensor(n, size)
    cases += [(*given, 0.3, 0.0), (*given, 0.05, 3.0)]
with checks.check("what it returns", hint="real ones have label 1, fakes 0"):
    for *given, stale in cases:
        told, _, _ = checks.on_student_side(detective, discriminator_step, *given, stale)
        checks.close(told, right_step(*given)[0], rtol=1e-3, atol=1e-4)
with checks.check("the discriminator afterwards", hint="gradients of both halves, nothing from earlier, one step"):
    for *given, stale in cases:
        _, after, _ = checks.on_student_side(detective, discriminator_step, *given, stale)
        for got, right in zip(after, right_step(*given)[1], strict=False):
            checks.close(got, right, rtol=1e-3, atol=1e-4)
with checks.check("the generator is as it was, its gradients too", hint="where does the walk back end?"):
    for *given, stale in cases:
        _, after, grads = checks.on_student_side(detective, discriminator_step, *given, stale)
        for got, right, grad in zip(after[4:], given[0][4:], grads, strict=True):
            checks.close(got, right)
            checks.close(grad, torch.full_like(right, stale), what="a gradient of the generator")
### END HIDDEN TESTS

# %% [markdown]
# (Could one put real ones and fakes into one batch, with ones and zeros as labels? For a network without batch norm that
# is the same. With it, the two kinds would share their means and variances, and the detective would judge each by the
# company that it keeps.)
#
# **Now you can** say what the best detective answers and how the game ends, get from any size to any other and back,
# build the two networks of a DCGAN, and let the detective learn without touching the forger.
