# %% [markdown]
# ## 14 · The gradient as a weapon
#
# **In this part you will** train a reader of digits and then make it fail, by changes that you hardly see; draw the
# attack, say on paper why it works, repair an attack that harms by accident, and put all results in a table.
#
# Training makes a loss smaller by changing *weights*, style transfer by changing *pixels*. Now change pixels to make it
# **larger**, each by at most $\varepsilon$, up or down. For a linear loss, the worst is to move *every* pixel by the
# full $\varepsilon$, along its slope's sign: the **fast gradient sign method** (FGSM, Goodfellow and others, 2014):
#
# $$x' = \mathrm{clip}_{[0,1]}\bigl(x + \varepsilon \cdot \mathrm{sign}\,\nabla_x L\bigr)$$
#
# First the victim. It is *your* discriminator of section 9, which with ten answers is a reader of digits.

# %%
grey_x, grey_valid = digits.train_x[:, None], digits.valid_x[:, None]


def trained_reader(epochs, worsen=lambda net, x, y: x):
    """A reader that learns from pictures which `worsen` has changed."""
    torch.manual_seed(0)
    net = Discriminator(12, 10)
    optimiser = torch.optim.Adam(net.parameters(), lr=3e-3)
    for _ in range(epochs):
        for rows in torch.randperm(4000)[: device.budget(4000)].split(64):
            x, y = worsen(net, grey_x[rows], train_y[rows]), train_y[rows]
            loss = F.cross_entropy(net(x), y)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    return net.eval()


reader = trained_reader(device.budget(6))
plain_right = (reader(grey_valid).argmax(dim=1) == valid_y).float().mean().item()
print(f"your reader: {plain_right:.1%} of 1,000 validation pictures")

# %% [markdown]
# ### Exercise: an attack, and how well it works
# difficulty 2/5 · 12 minutes · cards: fgsm, fgsm-loop, adversarial-example
#
# Fill the blanks. `under_attack` attacks every picture of the loader with the gradient of *its own* loss and counts how
# many are still read correctly. A reader in use is in evaluation mode. It also collects up to `keep` pictures that were
# read correctly before the attack and wrongly after it, as (answer before, answer after, attacked picture).
#
# hint: What must be recorded, so that the *picture* gets a gradient?


# %% solution="fgsm" promises="leaves-inputs(x, grad), tensor(fgsm), any-float"
def fgsm(x: torch.Tensor, grad: torch.Tensor, epsilon: float) -> torch.Tensor:
    """Pictures from 0 to 1, each pixel moved by epsilon in the direction, if any, in which the loss grows."""
    attacked = x + epsilon * grad.sign()  # ? x + epsilon * grad.sign()
    return attacked.clamp(0, 1)  # ? clamp(0, 1)


def under_attack(net, loader, epsilon: float, keep: int = 5) -> tuple[float, list]:
    """The share that is read correctly after the attack, and some that were read correctly before and are not now."""
    net.eval()  # ? eval()
    right, seen, fooled = 0, 0, []
    for x, y in loader:
        x = x.clone().requires_grad_()  # ? requires_grad_()
        scores = net(x)
        before = scores.argmax(dim=1)  # ? argmax(dim=1)
        net.zero_grad()
        F.cross_entropy(scores, y).backward()  # ? scores, y | backward()
        attacked = fgsm(x.detach(), x.grad, epsilon)  # ? x.grad, epsilon
        after = net(attacked).argmax(dim=1)  # ? attacked
        right += (after == y).sum().item()  # ? after == y
        seen += len(y)  # ? len(y)
        for place in torch.nonzero((before == y) & (after != y))[:, 0].tolist():  # ? before == y | after != y
            if len(fooled) < keep:
                fooled.append((before[place].item(), after[place].item(), attacked[place]))
    return right / seen, fooled


# %% tests="fgsm" points=5
def attacked_reader(under_attack, weights, pictures, labels, size, epsilon, keep):
    """What the student's function finds for a reader with dropout, which starts in training mode."""
    import torch
    from torch import nn
    from torch.utils.data import DataLoader, TensorDataset

    net = nn.Sequential(nn.Dropout(0.9), nn.Flatten(), nn.Linear(weights.shape[1], weights.shape[0]))
    with torch.no_grad():
        net[2].weight.copy_(weights)
        net[2].bias.zero_()
    share, fooled = under_attack(net, DataLoader(TensorDataset(pictures, labels), size), epsilon, keep)
    same = torch.equal(net[2].weight.detach(), weights)
    return share, [(int(a), int(b), one.detach().clone()) for a, b, one in fooled], same


def by_formula(weights, pictures, labels, epsilon):
    """Answers before and after, and the attacked pictures."""
    flat = pictures.flatten(1).double()
    scores = flat @ weights.double().T
    slope = (torch.softmax(scores, dim=1) - F.one_hot(labels, len(weights))) @ weights.double()
    attacked = (flat + epsilon * slope.sign()).clamp(0, 1)
    return scores.argmax(1), (attacked @ weights.double().T).argmax(1), attacked.reshape(pictures.shape)


def examples(rng):
    yield checks.example(
        fgsm, {"x": rng.tensor(2, 3, low=0.2, high=0.8), "grad": rng.tensor(2, 3), "epsilon": 0.1}, of="fgsm"
    )


with checks.check(
    "three pixels, one of them at the edge", hint="a full step each, whatever the slope's size; then 0 to 1"
):
    got = fgsm(torch.tensor([0.5, 0.5, 0.9]), torch.tensor([-0.001, 7.0, 2.0]), 0.25)
    checks.close(got, [0.25, 0.75, 1.0])
with checks.check("an attack on two pictures of two pixels", hint="which answer follows the larger pixel?"):
    pictures, labels = torch.tensor([[0.5, 0.4], [0.1, 0.9]]), torch.tensor([0, 1])
    given = (torch.eye(2), pictures, labels, 2, 0.1, 5)
    share, fooled, _ = checks.on_student_side(attacked_reader, under_attack, *given)
    checks.close(share, 0.5)
    checks.equal([tuple(one[:2]) for one in fooled], [(0, 1)])
    checks.close(fooled[0][2], [0.4, 0.5], what="the attacked picture")
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("attacked pictures of any kind", hint="the sign of the slope; a slope of 0 moves nothing"):
    for shape, epsilon in (((3, 1, 4, 4), 0.3), ((5,), 0.0), ((2, 6), 0.07), ((2, 2), 2.0)):
        x, grad = rng.tensor(*shape, low=0, high=1), 1e-3 * rng.tensor(*shape)
        grad.flatten()[0] = 0
        right = (x + epsilon * torch.where(grad > 0, 1.0, torch.where(grad < 0, -1.0, 0.0))).clamp(0, 1)
        checks.close(fgsm(x, grad, epsilon), right, rtol=1e-4, atol=1e-6, what=f"ε = {epsilon}")
cases = []
for n, size, epsilon, keep in ((23, 5, 0.05, 3), (16, 16, 0.2, 99), (9, 4, 0.0, 5), (30, 7, 0.12, 1)):
    weights, pictures = 2 * rng.tensor(4, 6), rng.tensor(n, 1, 2, 3, low=0, high=1)
    labels = (pictures.flatten(1) @ weights.T).argmax(1)
    labels[: n // 4] = (labels[: n // 4] + 1) % 4  # some are wrong before anybody attacks
    cases.append((weights, pictures, labels, size, epsilon, keep))
# Read wrongly, and then as something else; fooled; right throughout; wrong, but right if its answer is attacked; fooled.
pictures = torch.tensor([[0.9, 0.1, 0.4], [0.5, 0.4, 0.05], [0.9, 0.1, 0.0], [0.5, 0.4, 0.05], [0.5, 0.4, 0.05]])
cases.append((torch.diag(torch.tensor([1.0, 1.0, 2.0])), pictures, torch.tensor([1, 0, 0, 1, 0]), 3, 0.2, 1))
# Three times one picture: read wrongly, and rightly once attacked, as a third answer takes more from the first; fooled; wrong.
twisted = torch.tensor([[-1.0, 0.0], [0.0, -0.05], [10.0, -1.5]])
cases.append((twisted, torch.tensor([[0.0, 1.0]] * 3), torch.tensor([1, 0, 2]), 2, 0.08, 5))
with checks.check("the share that survives", hint="evaluation mode; all pictures count, in batches of any size"):
    for weights, pictures, labels, size, epsilon, keep in cases:
        _, after, _ = by_formula(weights, pictures, labels, epsilon)
        share, _, same = checks.on_student_side(
            attacked_reader, under_attack, weights, pictures, labels, size, epsilon, keep
        )
        checks.close(share, (after == labels).double().mean(), what=f"{len(labels)} pictures, ε = {epsilon}")
        checks.true(same, "the reader has other weights now")
with checks.check("the ones that were fooled", hint="right before, wrong after; no more than wanted"):
    for weights, pictures, labels, size, epsilon, keep in cases:
        before, after, attacked = by_formula(weights, pictures, labels, epsilon)
        places = torch.nonzero((before == labels) & (after != labels))[:, 0].tolist()[:keep]
        fooled = checks.on_student_side(attacked_reader, under_attack, weights, pictures, labels, size, epsilon, keep)[
            1
        ]
        checks.equal([tuple(one[:2]) for one in fooled], [(int(before[k]), int(after[k])) for k in places])
        for (_, _, got), place in zip(fooled, places, strict=True):
            checks.close(got, attacked[place], rtol=1e-4, atol=1e-5, what="an attacked picture")
### END HIDDEN TESTS

# %% [markdown]
# **Predict** before you run: at which ε will half of the pictures be misread? Grey is 0.5.

# %%
judges = device.budget(len(valid_y), 20)  # how many pictures are attacked: all, but fewer while it is graded
attack_loader = DataLoader(TensorDataset(grey_valid[:judges], valid_y[:judges]), batch_size=250)
epsilons = [0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3]
found = {epsilon: under_attack(reader, attack_loader, epsilon, keep=8) for epsilon in epsilons}
curves = {"your reader": [found[epsilon][0] for epsilon in epsilons]}
rows = [one for epsilon in (0.05, 0.1, 0.2) for one in found[epsilon][1]]
show([one[2] for one in rows], [f"{one[0]} → {one[1]}" for one in rows], columns=8)

# %% [markdown]
# (Rows: ε = 0.05, 0.1, 0.2.) You would read nearly all without effort, and each was found with *one* gradient.
#
# ### Exercise: the change, as a heat map
# difficulty 2/5 · 8 minutes · cards: adversarial-heatmap, adversarial-to-numpy
#
# Draw three pictures in a row: the picture, the change, the attacked picture. Changes are positive and negative, so
# their heat map needs a colour scale that is symmetric around zero, and a colour bar on its right. The attacked picture
# may come straight from a computation: on a GPU, with a graph, with axes of length 1, like (1, 1, 28, 28).
#
# hint: Which three methods take a tensor out of its graph, off the GPU, and to NumPy? And in which order?


# %% solution="attack_figure" promises="leaves-inputs"
def attack_figure(picture: torch.Tensor, attacked: torch.Tensor):
    """A figure: the picture, the change, the attacked picture, and a colour bar for the change."""
    pair = (picture, attacked)
    arrays = [one.squeeze().detach().cpu().numpy() for one in pair]  # ? squeeze() | detach() | cpu() | numpy()
    before, after = arrays
    change = after - before  # ? after - before
    reach = abs(change).max()
    figure, axes = plt.subplots(1, 3, figsize=(9, 2.8))  # ? plt.subplots | 1, 3
    axes[0].imshow(before, cmap="gray_r", vmin=0, vmax=1)
    heat = axes[1].imshow(change, cmap="coolwarm", vmin=-reach, vmax=reach)  # ? imshow | change | -reach
    figure.colorbar(heat, ax=axes[1])  # ? colorbar | heat
    axes[2].imshow(after, cmap="gray_r", vmin=0, vmax=1)
    for axis in axes:
        axis.set_axis_off()
    return figure


# %% tests="attack_figure" points=3
def examined(attack_figure, picture, attacked, shape):
    """Numbers and limits of what each axis of the figure shows, how many axes there are, and bars beside the second."""
    import matplotlib.pyplot as plt

    grown = attacked.clone().requires_grad_() * 1
    figure = attack_figure(picture, grown.reshape(shape))
    drawn = [
        (axis.images[0].get_array().data.tolist(), axis.images[0].get_clim()) for axis in figure.axes if axis.images
    ]
    figure.canvas.draw()
    left, right = figure.axes[1].get_position().x1, figure.axes[2].get_position().x0
    bars = [image.colorbar.ax.get_position() for image in figure.axes[1].images if image.colorbar]
    bars = sum(left < (bar.x0 + bar.x1) / 2 < right for bar in bars)
    plt.close("all")
    return drawn, len(figure.axes), bars


def examples(rng):
    parts = lambda a, b: checks.on_student_side(examined, attack_figure, a, b, (2, 3))[1]
    yield checks.example(parts, {"a": rng.tensor(2, 3, low=0, high=1), "b": rng.tensor(2, 3, low=0, high=1)})


a, b = torch.tensor([[0.0, 0.5], [1.0, 0.25]]), torch.tensor([[0.25, 0.25], [1.0, 0.0]])
with checks.check("three pictures, in this order", hint="the change is what is there now minus what was there before"):
    drawn, _, _ = checks.on_student_side(examined, attack_figure, a, b, (1, 1, 2, 2))
    for (got, _), right in zip(drawn, (a, b - a, b), strict=True):
        checks.close(got, right)
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("any pictures, in a scale around zero", hint="from minus the largest change to the largest"):
    for shape in ((1, 5, 4), (3, 6), (1, 1, 2, 7)):
        a, b = (rng.tensor(*shape[-2:], low=0.1, high=0.9).clone() for _ in range(2))
        if len(shape) < 4:  # the largest change is a rise in one case, and a fall in the other
            a[0, 0], b[0, 0] = (0.0, 0.9) if shape[0] == 1 else (0.9, 0.0)
        drawn, _, _ = checks.on_student_side(examined, attack_figure, a, b, shape)
        for (got, _), right in zip(drawn, (a, b - a, b), strict=True):
            checks.close(got, right, rtol=1e-4, atol=1e-6)
        most = float((b - a).abs().max())
        checks.close(drawn[1][1], (-most, most), rtol=1e-4, what="limits of the colours")
with checks.check("a colour bar for the change", hint="a colour bar belongs to a heat map, and stands beside its axis"):
    _, axes, bars = checks.on_student_side(examined, attack_figure, a, b, (1, 1, 2, 7))
    checks.equal((axes, bars), (4, 1), what="axes in the figure, and colour bars of the second")
### END HIDDEN TESTS

# %%
before, after, attacked = found[0.1][1][0]
place = (grey_valid - attacked).abs().amax(dim=(1, 2, 3)).argmin()
attack_figure(grey_valid[place], attacked).suptitle(f"read as {before}, then as {after}", fontsize=10)
plt.tight_layout()

# %% [markdown]
# ## 15 · Why so little is enough
#
# A change of a few hundredths, and the answer turns. The authors' explanation needs no depth: in *many* dimensions many
# small things add up. Take a linear detector with the score $s = w \cdot x + b$, which says yes when $s > 0$.
#
# ### Exercise: how little is enough?
# difficulty 3/5 · 10 minutes · cards: linear-attack, many-dimensions
#
# Each pixel may move by at most `epsilon`, here even out of 0 to 1. `worst_score` is each picture's score after the
# attack that moves it as far as possible *towards the other answer*: down if positive, up if negative. (Where a score
# of 0 goes does not matter.) `smallest_epsilon` is the ε for each picture with which the best attack just reaches 0.
#
# hint: By how much can one pixel change the score, if it may move by ε? And all of them together?


# %% solution="worst_score" promises="leaves-inputs, tensor, any-float, any-layout, any-size(one pixel)"
def worst_score(w: torch.Tensor, b: float, x: torch.Tensor, epsilon: float) -> torch.Tensor:
    """The scores (batch,) of attacked pictures x (batch, pixels), for weights w (pixels,)."""
    ### BEGIN SOLUTION
    score = x @ w + b
    return score - score.sign() * epsilon * w.abs().sum()
    ### END SOLUTION


def smallest_epsilon(w: torch.Tensor, b: float, x: torch.Tensor) -> torch.Tensor:
    """The smallest epsilon (batch,) that brings each score to 0."""
    ### BEGIN SOLUTION
    return (x @ w + b).abs() / w.abs().sum()
    ### END SOLUTION


# %% tests="worst_score" points=4
def examples(rng):
    given = {"w": rng.tensor(4), "b": 0.5, "x": rng.tensor(3, 4)}
    yield checks.example(worst_score, given | {"epsilon": 0.1})
    yield checks.example(smallest_epsilon, given)
    one = {"w": torch.tensor([2.0]), "b": 0.0, "x": torch.tensor([[1.0]])}
    yield checks.example(smallest_epsilon, one, size="one pixel", right=[1.0])


with checks.check("three pixels, weights 1, −2 and 1", hint="ε times 1 + 2 + 1, against the sign of the score"):
    w, x = torch.tensor([1.0, -2.0, 1.0]), torch.tensor([[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
    checks.close(worst_score(w, 0.0, x, 0.25), [1.0, -1.0])
    checks.close(smallest_epsilon(w, 0.0, x), [0.5, 0.5])
### BEGIN HIDDEN TESTS
rng = checks.rng()
cases = [(3 * rng.tensor(d), rng.uniform(-1, 1), 2 * rng.tensor(n, d)) for n, d in ((5, 3), (1, 8), (9, 1), (6, 6))]
w = rng.tensor(4)
for sign in (1, -1):  # the bias decides which side the first picture is on
    cases.append((w, 0.2 * sign * float(w.abs().sum()), torch.stack([-0.1 * sign * w.sign(), -0.35 * sign * w.sign()])))
with checks.check("scores after the best attack", points=2, hint="pixel by pixel: up or down?"):
    for w, b, x in cases:
        for epsilon in (0.0, 0.1, 2.0):
            score = (x.double() @ w.double()) + b
            best = []
            for row, start in zip(x.double(), score.tolist(), strict=True):
                moves = [-1.0 if (one > 0) == (start > 0) else 1.0 for one in w.tolist()]
                best.append(float((row + epsilon * torch.tensor(moves).double()) @ w.double()) + b)
            checks.close(worst_score(w, b, x, epsilon), best, rtol=1e-3, atol=1e-4, what=f"ε = {epsilon}")
with checks.check("how little is enough", hint="the distance of the score to 0, by what one unit of ε can do"):
    for w, b, x in cases:
        right = [abs(float(row @ w.double()) + b) / sum(abs(one) for one in w.tolist()) for row in x.double()]
        checks.close(smallest_epsilon(w, b, x), right, rtol=1e-3, atol=1e-5)
### END HIDDEN TESTS

# %% [markdown]
# With $d$ weights of about the same size, $\lVert w \rVert_1$ grows like $d$, while the score of a *typical* picture, a
# sum of positive and negative terms, grows like $\sqrt d$. **Predict** how the smallest ε changes with $d$.

# %%
torch.manual_seed(0)
for d in (4, 28, 784, 224 * 224 * 3):
    x, w = torch.rand(50, d) - 0.5, torch.randn(d)
    print(f"{d:8,} inputs: half of 50 random pictures turn at ε = {smallest_epsilon(w, 0.0, x).median():.4f}")

# %% [markdown]
# The more pixels, the less each has to move. A network with ReLU is not linear, but linear in pieces, and over a small
# step often nearly so: one gradient is enough. Can one train against it? **Adversarial training** attacks the network
# while it learns, and shows it the attacked pictures. **Predict** how both readers do, with and without an attack.


# %%
def worsened(net, x, y):
    """Half of the batch as it is, half attacked with the gradient of the moment."""
    x = x.clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(x), y), x)
    half = len(x) // 2
    return torch.cat([x[:half], fgsm(x[half:], grad[half:], 0.2)]).detach()


trained_against = trained_reader(device.budget(6), worsened)
curves["trained against it"] = [under_attack(trained_against, attack_loader, epsilon)[0] for epsilon in epsilons]
plt.figure(figsize=(5.5, 3))
plt.plot(epsilons, np.transpose([*curves.values()]), ".-", label=[*curves])
plt.gca().set(xlabel="ε", ylabel="read correctly", ylim=(0, 1), title="accuracy under attack")
plt.legend()
plt.tight_layout()

# %% [markdown]
# *Further reading:* Goodfellow and others, "Explaining and Harnessing Adversarial Examples" (2014), arXiv 1412.6572;
# Szegedy and others (2013), arXiv 1312.6199, who found them first; Madry and others, "Towards Deep Learning Models
# Resistant to Adversarial Attacks" (2017), arXiv 1706.06083, on attacks in many steps, too many for the reader above.
#
# ## 16 · Find the bug, and say it in your own words
#
# ### Exercise: harm without an attack
# difficulty 3/5 · 12 minutes · cards: normalised-attack
#
# A colleague trained her network on *normalised* pictures, $(x - \text{mean}) / \text{std}$, with MNIST's mean 0.1307
# and standard deviation 0.3081, so her attack takes and returns such pictures. `epsilon` is meant in ink, from 0 to 1:
# no pixel's ink may move by more, and ink stays between none and full. But her curve starts wrong: at ε = 0, where
# nothing may change at all, her network reads worse than without her function. Find and repair the **one** mistake.
#
# hint: Run it with ε = 0, and look at the smallest and the largest pixel before and after.


# %% solution="attack_normalised" promises="leaves-inputs(x, y), tensor, no-graph, any-float"
def attack_normalised(net, x: torch.Tensor, y: torch.Tensor, epsilon: float, mean: float, std: float) -> torch.Tensor:
    """Attacked pictures, normalised as x (batch, ...) is; epsilon is in ink, from 0 to 1, before normalising."""
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    ### BEGIN SOLUTION
    #! attacked = x + epsilon / std * grad.sign()
    #! return attacked.clamp(0, 1).detach()
    attacked = x + epsilon / std * grad.sign()
    return attacked.clamp((0 - mean) / std, (1 - mean) / std).detach()
    ### END SOLUTION


# %% tests="attack_normalised" points=4
def normalised_attack(attack, weights, x, y, epsilon, mean, std):
    """Attacked pictures, for a linear reader with these weights."""
    return attack(lambda one: one.flatten(1) @ weights.T, x, y, epsilon, mean, std)


def examples(rng):
    def found(x, weights):
        return checks.on_student_side(
            normalised_attack, attack_normalised, weights, x, torch.tensor([0, 1]), 0.1, 0.5, 0.5
        )

    yield checks.example(found, {"x": rng.tensor(2, 3), "weights": rng.tensor(2, 3)})


with checks.check("with ε = 0 nothing changes", hint="which numbers has paper, once it is normalised?"):
    x = torch.tensor([[-0.5, 1.5, 0.25]])
    given = (torch.ones(2, 3), x, torch.tensor([1]), 0.0, 0.25, 0.5)
    checks.close(checks.on_student_side(normalised_attack, attack_normalised, *given), x)
### BEGIN HIDDEN TESTS
rng = checks.rng()
cases = []
scales = ((4, 5, 0.1, 0.1307, 0.3081), (1, 6, 0.4, 0.5, 0.5), (3, 4, 0.02, 0.3, 0.1), (5, 3, 2.0, 0.0, 2.0))
for n, pixels, epsilon, mean, std in scales:
    ink, y = rng.tensor(n, pixels, low=0, high=1).clone(), rng.integers(n, low=0, high=2)
    ink[:, 0], ink[:, 1] = 0.0, 1.0
    cases.append((rng.tensor(3, pixels), (ink - mean) / std, y, epsilon, mean, std))
grey = rng.tensor(2, 4, low=0.4, high=0.6)  # may leave the range of its own ink
cases.append((rng.tensor(3, 4), (grey - 0.2) / 0.5, torch.tensor([0, 2]), 0.3, 0.2, 0.5))
# Of these pixels one is darker than the mean and one lighter, and the slope changes its sign there.
turning, pair = torch.tensor([[0.0], [1.0], [-1.0]]), torch.tensor([[-0.8], [0.8]])
cases.append((turning, pair, torch.tensor([0, 0]), 0.05, 0.5, 0.5))
with checks.check("attacked pictures of any scale", points=2, hint="ink from 0 to 1, written in normalised numbers"):
    for weights, x, y, epsilon, mean, std in cases:
        slope = (torch.softmax(x @ weights.T, dim=1) - F.one_hot(y, 3)) @ weights
        right = ((x * std + mean + epsilon * slope.sign()).clamp(0, 1) - mean) / std
        got = checks.on_student_side(normalised_attack, attack_normalised, weights, x, y, epsilon, mean, std)
        checks.close(got, right, rtol=1e-3, atol=1e-4, what=f"mean {mean}, std {std}, ε = {epsilon}")
with checks.check("no ink moves by more than ε, nor beyond none and full", hint="turn the result back into ink"):
    for weights, x, y, epsilon, mean, std in cases:
        got = checks.doubles(
            checks.on_student_side(normalised_attack, attack_normalised, weights, x, y, epsilon, mean, std)
        )
        ink, moved = got * std + mean, (got - x.double()).abs() * std
        checks.between(ink, -1e-4, 1 + 1e-4, what="ink")
        checks.between(moved, 0.0, epsilon + 1e-4, what="how far it moved")
        checks.true(float(moved.max()) > 0.1 * min(epsilon, 0.5), "nothing was attacked")
### END HIDDEN TESTS

# %% [markdown]
# A curve's first point is a free test of the measurement: at ε = 0 it must be the plain accuracy, to the last picture.
#
# ## 17 · What did each of them reach?
#
# No number says how good invented pictures are; here is a rough one. Your reader looks at 500 of each: on how many does
# it give one digit at least 95 % of its belief, and how often does it see its rarest digit (fifty would be even)?

# %%
print(f"{'':28}{'surely a digit':>15}{'±':>7}{'rarest digit':>14}")
for name, x in (drawn | {"real pictures": grey_valid[:500]}).items():
    belief = torch.softmax(reader(x.reshape(-1, 1, 28, 28)).detach(), dim=1)
    sure, counts = (belief.amax(dim=1) >= 0.95).float().mean().item(), belief.argmax(dim=1).bincount(minlength=10)
    error = math.sqrt(sure * (1 - sure) / len(belief))
    print(f"{name:28}{sure:15.3f}{error:7.3f}{int(counts.min()):9} ({int(counts.argmin())})")

# %%
print(f"errors at ε = 0.25 (± one standard error of {judges:,} pictures)")
for name, shares_right in curves.items():
    wrong = 1 - shares_right[epsilons.index(0.25)]
    print(f"  {name:32}{wrong:6.3f} ± {math.sqrt(wrong * (1 - wrong) / judges):.3f}")
print("published, 60,000 pictures to learn from, 10,000 to check (Goodfellow and others, 2014):")
print("  softmax regression               0.999\n  maxout network                   0.894")
print("  maxout, adversarial training     0.179")
if device.budget(5) < 5:
    print("run by the grader, which trains only briefly")

# %% [markdown]
# (Another network, fewer pictures, one seed. In the first table the VAE does no better than the autoencoder: a drawing
# that blends two digits leaves every reader unsure. And a warning: the reader was never shown anything but digits. It
# has to answer with one, and section 14 has shown how easily it is sure of it.)
#
# ### In your own words
# Two to five sentences each.

# %% [markdown] question="three_trials" points=2
# **Three trials.** Look at the four lines that you printed at the end of section 6. Explain the width of a cloud and the
# spread of the means for $\beta = 0$ and for $\beta = 20$. Why does the network without a slope through the draw end like the
# one, and not like the other?
#
# ### BEGIN MARK SCHEME
# - 1 point: β = 0: nothing keeps the means together or the clouds wide: means spread out, clouds are narrow beside them
#   (small noise makes the ink cheaper). β = 20: the divergence dominates, means near 0, widths near 1, the code says little.
# - 1 point: without a slope through the draw the encoder gets gradients from the divergence alone, and that is smallest at
#   mean 0 and width 1: it ends like the collapsed one.
# - Half an answer: "the reparameterisation trick makes it differentiable" without what the encoder then learns from: no
#   second point.
# ### END MARK SCHEME

# %% [markdown] question="how_little" points=2
# **How little.** Your reader errs on few plain pictures and on most attacked ones. A colleague says: "that is overfitting,
# take more data." Give the argument of section 15 against this. And from your curves: what did adversarial training change,
# and why is the curve no proof that this reader is safe?
#
# ### BEGIN MARK SCHEME
# - 1 point: a linear detector, not overfitted, turns as well: each of many pixels adds ε|w|, so ε‖w‖₁ grows with the number of
#   pixels faster than the score. (The plain accuracy on validation pictures is good, which is no overfitting.)
# - 1 point: own numbers for both readers; it is one attack with one step: another one (several steps, larger ε, other kinds
#   of change) may still succeed.
# - Half an answer: "the trained one is more robust" without numbers: no second point.
# ### END MARK SCHEME

# %% [markdown]
# ## What you have built
# A machine that draws digits from a plane that you can look at, one that learnt to draw from being found out, a picture
# in the manner of handwriting, a door that knows strangers, and an attack that turns a network's gradient against it.
# In all of them the same tool is used on something other than weights: on codes, on pictures, on another network.
#
# **Now you can** attack a network, draw the change, say why so little is enough, and read a curve from its first point.
