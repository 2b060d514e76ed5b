# %% [markdown]
# ## 7 · A pace of its own
#
# **In this part you will** write every common optimiser up to AdamW, and plan the learning rate of a whole training.
#
# The other way out of the compromise is to give each parameter **a pace of its own**: divide each gradient by the size
# that gradients of this parameter usually have. Two ways to measure that size:
#
# $$\text{AdaGrad: } s \leftarrow s + g^2 \qquad \text{RMSProp: } s \leftarrow \alpha s + (1-\alpha)\, g^2
# \qquad\text{then}\qquad p \leftarrow p - \eta\,\frac{g}{\sqrt{s} + \varepsilon}$$
#
# The small $\varepsilon$ only keeps the division from going wrong when $s$ is 0.
#
# ### Exercise: a pace for each parameter
# difficulty 2/5 · 8 minutes · cards: adagrad, rmsprop, adagrad-fades
#
# Fill the blanks. Everything is done element by element, and $s$ starts at 0.


# %% solution="RMSProp" promises="changes(p, memory)"
class AdaGrad(Optimiser):
    """Divides by the root of the sum of all squared gradients so far."""

    eps = 1e-10

    def update(self, p, g, memory):
        """Changes p in place, and the sum in its memory."""
        memory["s"] = memory.get("s", 0) + g**2  # ? memory.get("s", 0) + g**2
        p -= self.lr * g / (memory["s"].sqrt() + self.eps)  # ? g / (memory["s"].sqrt() + self.eps)


class RMSProp(Optimiser):
    """Divides by the root of a moving average of the squared gradients."""

    alpha = 0.99
    eps = 1e-8

    def update(self, p, g, memory):
        """Changes p in place, and the average in its memory."""
        memory["s"] = self.alpha * memory.get("s", 0) + (1 - self.alpha) * g**2  # ? self.alpha@1 | (1 - self.alpha)
        p -= self.lr * g / (memory["s"].sqrt() + self.eps)  # ? g / (memory["s"].sqrt() + self.eps)


# %% tests="RMSProp" points=5
def examples(rng):
    for make in (AdaGrad, RMSProp):
        opt = make([torch.zeros(3)], 0.1)
        yield checks.example(opt.update, {"p": rng.tensor(3), "g": rng.tensor(3), "memory": {}})


three = torch.tensor([3.0])
with checks.check("AdaGrad's first step is as long as the learning rate", hint="3 divided by the root of its square"):
    got = checks.on_student_side(path, AdaGrad, {"lr": 0.1, "eps": 0.0}, [torch.zeros(1)], [[three], [three]])
    checks.close(torch.stack([step[0] for step in got]), [[-0.1], [-0.1 - 0.1 / 2**0.5]])
with checks.check("RMSProp's first step, with a quarter of the square", hint="1 - 0.75 of the squared gradient"):
    got = checks.on_student_side(path, RMSProp, {"lr": 0.1, "alpha": 0.75, "eps": 0.0}, [torch.zeros(1)], [[three]])
    checks.close(got[0][0], [-0.2])


### BEGIN HIDDEN TESTS
def as_torch(ours, theirs, options, rng, size=1.0):
    """Fails unless both walk the same way; two of the three parameters are of one shape, one misses a gradient."""
    starts = [rng.tensor(3), rng.tensor(2, 2), rng.tensor(2, 2)]
    gradients = [[size * rng.tensor(*start.shape) for start in starts] for _ in range(5)]
    gradients[1][0] = None
    rates = [options["lr"] * rng.uniform(0.3, 1) for _ in gradients]
    got = checks.on_student_side(path, ours, options, starts, gradients, rates)
    right = path(theirs, options, starts, gradients, rates)
    for step, (mine, known) in enumerate(zip(got, right, strict=True)):
        for a, b in zip(mine, known, strict=True):
            checks.close(a, b, rtol=1e-4, atol=1e-4 * options["lr"], what=f"after step {step + 1}")


rng = checks.rng()
lr, eps, alpha = rng.uniform(0.1, 0.5), rng.uniform(0.1, 0.5), rng.uniform(0.6, 0.9)
with checks.check("AdaGrad like torch.optim.Adagrad", hint="a sum that only grows; eps stands outside the root"):
    as_torch(AdaGrad, torch.optim.Adagrad, {"lr": lr, "eps": eps}, rng)
    as_torch(AdaGrad, torch.optim.Adagrad, {"lr": 2.0, "eps": 3.0}, rng, size=100.0)
    for size in (1.0, 1e-5):
        as_torch(AdaGrad, torch.optim.Adagrad, {"lr": 0.01}, rng, size=size)
with checks.check("RMSProp like torch.optim.RMSprop", points=2, hint="the two shares of an average add up to one"):
    as_torch(RMSProp, torch.optim.RMSprop, {"lr": lr, "eps": eps, "alpha": alpha}, rng)
    as_torch(RMSProp, torch.optim.RMSprop, {"lr": 2.0, "eps": 3.0, "alpha": 0.1}, rng, size=100.0)
    for size in (1.0, 1e-6):  # beside gradients as small as these, eps is not small
        as_torch(RMSProp, torch.optim.RMSprop, {"lr": 0.01}, rng, size=size)
### END HIDDEN TESTS

# %% [markdown]
# **Predict:** a parameter meets a gradient of 1 a hundred times in a row. How long are its steps with AdaGrad, and how
# long with RMSProp, at a learning rate of 1? And does it matter if the gradient is 1,000 instead?

# %%
figure, axis = plt.subplots(figsize=(6, 2.8))
for make in (AdaGrad, RMSProp):
    for size, style in ((1.0, "-"), (1000.0, ":")):
        walked = path(make, {"lr": 1.0}, [torch.zeros(1)], [[torch.tensor([size])]] * 100)
        lengths = -torch.diff(torch.tensor([0.0, *[place[0].item() for place in walked]]))
        axis.plot(range(1, 101), lengths, style, label=f"{make.__name__}, gradient {size:g}")
axis.set(xlabel="step", ylabel="length of the step", yscale="log")
axis.legend(fontsize=8)
figure.tight_layout()

# %% [markdown]
# The size of the gradient cancels completely: only its sign and its regularity matter. AdaGrad's steps shrink like
# $1/\sqrt t$ and never recover, because its sum can only grow. RMSProp's average forgets, and its steps settle at the
# learning rate. But look at its beginning. Its average starts at 0, so it underestimates the squares. The first step is
# $1/\sqrt{1-0.99} = 10$ times too long, the second 7 times, the third still almost 6 times.
#
# When does a pace for each parameter pay? When features (or layers) come in different sizes. Below, three features
# are about 1, 10 and 100 large and all the true weights are 1. Plain descent gets its *best* rate, computed from the
# Hessian; the others get a guess. **Predict** how near each has come after a hundred steps.

# %%
sizes = torch.randn(200, 3, generator=torch.Generator().manual_seed(0)) * torch.tensor([1.0, 10.0, 100.0])
sums = sizes.sum(1)
for make, lr in ((SGD, best_rate(2 * sizes.T @ sizes / 200)), (AdaGrad, 0.3), (RMSProp, 0.01)):
    w = torch.zeros(3, requires_grad=True)
    opt = make([w], lr=lr)
    for _ in range(100):
        opt.zero_grad()
        (sizes @ w - sums).square().mean().backward()
        opt.step()
    print(f"{make.__name__:8} {[round(value, 3) for value in w.tolist()]}")

# %% [markdown]
# The condition number is 11,000, and plain descent would need some 38,000 steps. Divided by their usual size, all three
# gradients are alike. (So is dividing the *features* by their size, which one should always try first.)
#
# **Adam** ("adaptive moments") puts everything together. It keeps a moving average of the gradients, where momentum
# keeps a sum. It averages their squares, like RMSProp. And it repairs the beginning, by dividing each average by the
# share of it that is real so far. With $t = 1$ at the first step:
#
# $$m \leftarrow \beta_1 m + (1-\beta_1) g \qquad v \leftarrow \beta_2 v + (1-\beta_2) g^2 \qquad
# \hat m = \frac{m}{1-\beta_1^t} \qquad \hat v = \frac{v}{1-\beta_2^t}$$
#
# $$p \leftarrow p - \eta\, \frac{\hat m}{\sqrt{\hat v} + \varepsilon}$$
#
# Many people also want the weights to stay small: **weight decay**. AdamW shrinks every weight a little *before* the
# step above, $p \leftarrow (1 - \eta\lambda)\, p$, and keeps that apart from the gradient and its averages.
#
# ### Exercise: Adam, and AdamW
# difficulty 4/5 · 15 minutes · cards: adam-moments, bias-correction, adam-defaults, decoupled-decay
#
# Write `update`. The settings are `self.lr`, `self.betas` (a pair), `self.eps` and `self.weight_decay` (that is
# $\lambda$). Count the steps $t$ of each parameter in its own memory.
#
# hint: `m` and `v` in the memory stay *uncorrected*. The hats are only for the step.


# %% solution="Adam" promises="changes(p, memory)"
class Adam(Optimiser):
    """Adam with bias correction; AdamW when there is weight decay."""

    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0

    def update(self, p, g, memory):
        """Changes p in place, and m, v and t in its memory."""
        ### BEGIN SOLUTION
        b1, b2 = self.betas
        t = memory.get("t", 0) + 1
        m = b1 * memory.get("m", 0) + (1 - b1) * g
        v = b2 * memory.get("v", 0) + (1 - b2) * g**2
        memory.update(t=t, m=m, v=v)
        p *= 1 - self.lr * self.weight_decay
        p -= self.lr * m / (1 - b1**t) / ((v / (1 - b2**t)).sqrt() + self.eps)
        ### END SOLUTION


# %% tests="Adam" points=6
def examples(rng):
    opt = Adam([torch.zeros(3)], 0.1, weight_decay=0.1)
    yield checks.example(opt.update, {"p": rng.tensor(3), "g": rng.tensor(3), "memory": {}})


with checks.check(
    "the first step is as long as the learning rate, whatever the gradient", hint="what are the hats for?"
):
    got = checks.on_student_side(path, Adam, {"lr": 0.1}, [torch.ones(2)], [[torch.tensor([0.02, -50.0])]])
    checks.close(got[0][0], [0.9, 1.1], rtol=1e-4)
with checks.check("weight decay alone shrinks the weights", hint="shrink p itself; the gradient hears nothing of it"):
    got = checks.on_student_side(
        path, Adam, {"lr": 0.1, "weight_decay": 0.5}, [torch.tensor([2.0, -40.0])], [[torch.zeros(2)]]
    )
    checks.close(got[0][0], [1.9, -38.0])


### BEGIN HIDDEN TESTS
def as_torch(theirs, options, rng, size=1.0, steps=6):
    """Fails unless both walk the same way; two of the three parameters are of one shape, one misses a gradient."""
    starts = [rng.tensor(3), rng.tensor(2, 2), 5 * rng.tensor(2, 2)]
    gradients = [[size * rng.tensor(*start.shape) for start in starts] for _ in range(steps)]
    gradients[1][0] = None
    rates = [options["lr"] * rng.uniform(0.3, 1) for _ in gradients]
    got = checks.on_student_side(path, Adam, options, starts, gradients, rates)
    right = path(theirs, options, starts, gradients, rates)
    for step, (mine, known) in enumerate(zip(got, right, strict=True)):
        for a, b in zip(mine, known, strict=True):
            checks.close(a, b, rtol=2e-4, atol=2e-4 * options["lr"], what=f"after step {step + 1}")


rng = checks.rng()
options = {
    "lr": rng.uniform(0.1, 0.5),
    "betas": (rng.uniform(0.5, 0.8), rng.uniform(0.85, 0.95)),
    "eps": rng.uniform(0.1, 0.5),
}
with checks.check("like torch.optim.Adam, step by step", points=2, hint="t counts from 1; eps stands outside the root"):
    as_torch(torch.optim.Adam, options, rng)
    as_torch(torch.optim.Adam, {"lr": 2.0, "betas": (0.95, 0.3), "eps": 3.0}, rng, size=100.0)
with checks.check("with the usual settings", hint="read the settings from self, not from the formulas"):
    for size in (1.0, 1e-7):  # beside gradients as small as these, eps is not small
        as_torch(torch.optim.Adam, {"lr": 0.01}, rng, size=size, steps=9)
    as_torch(torch.optim.Adam, {"lr": 0.01}, rng, steps=30)
with checks.check("like torch.optim.AdamW, step by step", hint="decay scales with lr, and stays out of m and v"):
    for decay in (rng.uniform(0.3, 0.9), 0.01, 1.5):
        as_torch(torch.optim.AdamW, {**options, "weight_decay": decay}, rng)
### END HIDDEN TESTS

# %% [markdown]
# The same valley once more, now with paces. **Predict:** the valley is twelve times as steep across as along. In which
# direction will each of them set off?

# %%
draw_walks(
    {
        "AdaGrad": valley_walk(AdaGrad, lr=0.5),
        "RMSProp": valley_walk(RMSProp, lr=0.1, alpha=0.9),
        "Adam": valley_walk(Adam, lr=0.2),
    }
)

# %% [markdown]
# All three set off at 45 degrees, with steps of the same length in both directions: the steepness has cancelled.
# AdaGrad and RMSProp then follow the axis of the valley. Adam also has a velocity, so it swings past the bottom and
# comes back. None of them heads straight for the centre.
#
# How much does the bias correction matter, and for how long? The factors $1/(1-\beta^t)$ fade to 1. With the usual
# settings of PyTorch, `lr=0.001`, `betas=(0.9, 0.999)`, `eps=1e-8`, the first average is still 12 % too small at step 20
# and 1 % at step 44. The second one takes a hundred times as long.

# %%
steps = torch.arange(1, 5001)
plt.figure(figsize=(6, 2.6))
for beta in (0.9, 0.999):
    plt.loglog(steps, 1 / (1 - beta ** steps.double()), label=f"β = {beta}")
plt.xlabel("step t")
plt.ylabel("1 / (1 - β^t)")
plt.legend()
plt.tight_layout()

# %% [markdown]
# Why was the decay kept apart? In plain SGD it makes no difference whether you shrink the weights or add
# $\tfrac{\lambda}{2}\lVert p\rVert^2$ to the loss (L2). Adam however divides everything in the gradient by the usual
# size of that gradient. **Predict:** two weights begin at 1. One meets large random gradients, the other small ones.
# Which of them will Adam's L2 hardly shrink?

# %%
noise = torch.randn(1000, 2, generator=torch.Generator().manual_seed(3)) * torch.tensor([10.0, 0.1])
for name, make in (("Adam with L2", torch.optim.Adam), ("AdamW", torch.optim.AdamW)):
    options = {"lr": 1e-3, "weight_decay": 0.3}
    quiet = path(make, {**options, "weight_decay": 0.0}, [torch.ones(2)], [[g] for g in noise])[-1][0]
    end = path(make, options, [torch.ones(2)], [[g] for g in noise])[-1][0]
    print(f"{name:13} shrinks the first weight by {quiet[0] - end[0]:.2f}, the second by {quiet[1] - end[1]:.2f}")

# %% [markdown]
# With L2 the strength of the decay depends on how large a weight's gradients are. Decoupled, it is the same for both.
#
# ### Exercise: who should decay?
# difficulty 2/5 · 8 minutes · cards: param-groups, no-decay-vectors
#
# An optimiser accepts a list of **parameter groups** instead of a list of parameters. Each group is a dictionary with
# the key `"params"` and any settings that are to differ. It is common to let only matrices (and filters of
# convolutions) decay, and to spare biases and the scales of normalisation layers. You can tell them by their shape:
# they have one axis at most.
#
# Return two groups for all the parameters that require a gradient: first those with two or more axes, with the
# `weight_decay` given, then the others, with a decay of 0. Frozen parameters belong to neither. There are always two
# groups, even if one of them is empty.


# %% solution="decay_groups" promises="leaves-inputs"
def decay_groups(model: nn.Module, weight_decay: float) -> list[dict]:
    """Two parameter groups: tensors with two or more axes decay, the others do not."""
    ### BEGIN SOLUTION
    trained = [p for p in model.parameters() if p.requires_grad]
    return [
        {"params": [p for p in trained if p.ndim >= 2], "weight_decay": weight_decay},
        {"params": [p for p in trained if p.ndim < 2], "weight_decay": 0.0},
    ]
    ### END SOLUTION


# %% tests="decay_groups" points=3
def decays(decay_groups, weight_decay, frozen):
    """For each parameter of a small net, its group and the decay that AdamW would use for it."""
    import torch
    from torch import nn

    model = nn.Sequential(nn.Conv1d(2, 3, 2), nn.BatchNorm1d(3), nn.Flatten(), nn.Linear(9, 4), nn.LayerNorm(4))
    model.scale = nn.Parameter(torch.tensor(1.0))
    model.bias_of_places = nn.Parameter(torch.ones(1, 4))
    model.norms = nn.Parameter(torch.ones(1, 2, 1, 3))
    names = {id(p): name for name, p in model.named_parameters()}
    for name, p in model.named_parameters():
        if name in frozen:
            p.requires_grad_(False)
    groups = torch.optim.AdamW(decay_groups(model, weight_decay), lr=0.1, weight_decay=99.0).param_groups
    places = {names[id(p)]: place for place, group in enumerate(groups) for p in group["params"]}
    return (
        {names[id(p)]: float(group["weight_decay"]) for group in groups for p in group["params"]},
        places,
        len(groups),
    )


def empty(decay_groups, weight_decay):
    """For nets without biases, with nothing else, and wholly frozen: of each group the size, and the decay."""
    import torch
    from torch import nn

    frozen = nn.Linear(2, 3).requires_grad_(False)
    nets = [nn.Linear(2, 3, bias=False), nn.Sequential(nn.BatchNorm1d(3), nn.Tanh()), frozen]
    return [
        [(len(list(group["params"])), float(group["weight_decay"])) for group in decay_groups(net, weight_decay)]
        for net in nets
    ]


def grouped(decay_groups, weight, bias):
    """How many parameters each group holds, for a linear layer that is made of these very tensors."""
    import torch

    layer = torch.nn.Linear(weight.shape[1], len(weight))
    layer.weight.data, layer.bias.data = weight, bias
    return [len(list(group["params"])) for group in decay_groups(layer, 0.1)]


def examples(rng):
    def sizes(weight, bias):
        return checks.on_student_side(grouped, decay_groups, weight, bias)

    yield checks.example(sizes, {"weight": rng.tensor(2, 3), "bias": rng.tensor(2)})


with checks.check("the matrix decays, its bias does not", hint="how many axes has a bias?"):
    found, _, groups = checks.on_student_side(decays, decay_groups, 0.1, [])
    checks.close([found["3.weight"], found["3.bias"]], [0.1, 0.0])
    checks.equal(groups, 2, what="how many groups there are")
### BEGIN HIDDEN TESTS
rng = checks.rng()
decay = rng.uniform(0.01, 0.5)
spared = dict.fromkeys(["0.bias", "1.weight", "1.bias", "3.bias", "4.weight", "4.bias", "scale"], 0.0)
decaying = ["0.weight", "3.weight", "bias_of_places", "norms"]
with checks.check(
    "filters decay, norm layers do not, everybody is in one group, and the decaying group stands first",
    hint="go by the axes, not by names; which of the two groups comes first?",
):
    for given in (decay, 0.0, 3.0):
        found, places, _ = checks.on_student_side(decays, decay_groups, given, [])
        checks.equal(sorted(found), sorted([*spared, *decaying]))
        right = [0.0 if name in spared else given for name in sorted(found)]
        checks.close([found[name] for name in sorted(found)], right)
        checks.equal(places, {name: int(name in spared) for name in found}, what="in which group each stands")
    right = [[(1, decay), (0, 0.0)], [(0, decay), (2, 0.0)], [(0, decay), (0, 0.0)]]
    for got, wanted in zip(checks.on_student_side(empty, decay_groups, decay), right, strict=True):
        checks.equal(len(got), 2, what="how many groups there are, where one is empty")
        checks.close(got, wanted, what="size and decay of each group, where one is empty")
with checks.check("frozen parameters are in no group", hint="requires_grad says whether a parameter is trained"):
    frozen = [rng.choice(["0.weight", "3.weight"]), rng.choice(["1.bias", "4.weight"])]
    found, _, _ = checks.on_student_side(decays, decay_groups, decay, frozen)
    checks.equal(sorted(found), sorted({*spared, *decaying} - set(frozen)))
### END HIDDEN TESTS

# %% [markdown]
# *Further reading:* Kingma and Ba, "Adam" (2015), arXiv 1412.6980; Loshchilov and Hutter, "Decoupled Weight Decay
# Regularization" (2019), arXiv 1711.05101; PyTorch's documentation of `torch.optim`, which has all these formulas.

# %% [markdown]
# ## 8 · Slowing down
#
# Far from the bottom long steps are good. Near it they only throw you about. So let the learning rate fall as training
# goes on: that is a **schedule**. And in the first steps, when the weights are random and gradients are wild, it may
# pay to start slowly: that is called **warm-up**.
#
# ### Exercise: four schedules
# difficulty 3/5 · 12 minutes · cards: step-schedule, step-or-exponential, cosine-schedule, one-cycle
#
# Each function returns the learning rate at step number `t`, where the first step has number 0.
#
# - `step_rate` starts at `lr`, and after every `size` steps it is multiplied by `gamma`, all at once.
# - `exponential_rate` is multiplied by `gamma` at *every* step.
# - `cosine_rate` goes from `lr` at $t = 0$ to `lowest` at $t = T$ (`total`) along half a wave:
#   $\text{lowest} + (\text{lr} - \text{lowest})\,\frac{1 + \cos(\pi t/T)}{2}$.
# - `one_cycle_rate` rises along half a cosine wave from `top / 25` at step 0 to `top` at step
#   $0.3\,\text{total} - 1$ (not always a whole number), and then falls along another half wave to `top / 250_000` at
#   the last step, which has number `total - 1`. There are at least four steps, so that the peak comes after step 0.
#
# hint: The formula of the cosine also works when `lowest` is the *larger* number. Then the wave goes up. So the last
# function can call the third one twice.


# %% solution="schedules" promises="any-size(stairs of one step, a single step, a wave that rises)"
def step_rate(t: int, lr: float, size: int, gamma: float) -> float:
    """Falls in stairs."""
    ### BEGIN SOLUTION
    return lr * gamma ** (t // size)
    ### END SOLUTION


def exponential_rate(t: int, lr: float, gamma: float) -> float:
    """Falls by the same share at every step."""
    ### BEGIN SOLUTION
    return lr * gamma**t
    ### END SOLUTION


def cosine_rate(t: float, lr: float, total: float, lowest: float = 0.0) -> float:
    """Goes from lr to lowest along half a wave."""
    ### BEGIN SOLUTION
    return lowest + (lr - lowest) * (1 + math.cos(math.pi * t / total)) / 2
    ### END SOLUTION


def one_cycle_rate(t: int, top: float, total: int) -> float:
    """Warms up to the top, then falls to almost nothing."""
    ### BEGIN SOLUTION
    peak = 0.3 * total - 1
    if t < peak:
        return cosine_rate(t, top / 25, peak, top)
    return cosine_rate(t - peak, top, total - 1 - peak, top / 250_000)
    ### END SOLUTION


# %% tests="schedules" points=6
def examples(rng):
    lr = rng.uniform(1, 2)
    stairs = {"t": 3, "lr": 8 * lr, "size": 1, "gamma": 0.5}
    yield checks.example(step_rate, stairs, size="stairs of one step", right=lr)
    single = {"t": 1, "lr": lr, "total": 1, "lowest": 0.25}
    yield checks.example(cosine_rate, single, size="a single step", right=0.25)
    rising = {"t": 3, "lr": lr, "total": 6, "lowest": 3 * lr}
    yield checks.example(cosine_rate, rising, size="a wave that rises", right=2 * lr)


with checks.check("stairs and exponential, by hand", hint="which of them changes at every step?"):
    checks.close([float(step_rate(t, 8.0, 2, 0.5)) for t in range(5)], [8.0, 8.0, 4.0, 4.0, 2.0], rtol=1e-5)
    checks.close([float(exponential_rate(t, 8.0, 0.5)) for t in range(4)], [8.0, 4.0, 2.0, 1.0], rtol=1e-5)
with checks.check("cosine: the ends and the middle", hint="the cosine of 0 is 1, that of π is −1"):
    checks.close([float(cosine_rate(t, 6.0, 10, 2.0)) for t in (0, 5, 10)], [6.0, 4.0, 2.0], rtol=1e-5)
### BEGIN HIDDEN TESTS
from torch.optim import lr_scheduler


def rates_of(make, lr, steps, **options):
    """The learning rates that one of PyTorch's schedulers gives to the steps."""
    opt = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)
    scheduler, rates = make(opt, **options), []
    for step in range(steps):
        if step:
            opt.step()
            scheduler.step()
        rates.append(opt.param_groups[0]["lr"])
    return rates


rng = checks.rng()
lr, gamma, size = rng.uniform(0.5, 2), rng.uniform(0.5, 0.9), rng.integer(3, 5)
with checks.check("like StepLR", hint="the stairs come after size, 2 size, 3 size ... steps"):
    for height, stair, factor in ((lr, size, gamma), (0.01, 1, 0.1), (30.0, 7, 1.5)):
        right = rates_of(lr_scheduler.StepLR, height, 14, step_size=stair, gamma=factor)
        got = [float(step_rate(t, height, stair, factor)) for t in range(14)]
        checks.close(got, right, rtol=1e-5, atol=1e-15, what=f"size {stair}")
    for t in (1100, 100, 99, 0):
        checks.close(float(step_rate(t, lr, 50, 0.8)), lr * 0.8 ** (t // 50), rtol=1e-5, atol=1e-15, what="a long way")
with checks.check("like ExponentialLR", hint="at step 0 nothing has been multiplied yet"):
    for height, factor in ((lr, gamma), (0.01, 0.99), (30.0, 0.1)):
        right = rates_of(lr_scheduler.ExponentialLR, height, 8, gamma=factor)
        checks.close([float(exponential_rate(t, height, factor)) for t in range(8)], right, rtol=1e-5, atol=1e-15)
    for t in (900, 75, 0):
        checks.close(float(exponential_rate(t, lr, 0.99)), lr * 0.99**t, rtol=1e-5, atol=1e-15, what="a long way")
with checks.check("like CosineAnnealingLR", hint="lowest is where it ends, and 0 unless it is given"):
    total, lowest = rng.integer(7, 12), rng.uniform(0.05, 0.3)
    for height, steps, low in ((lr, total, lowest), (0.1, 40, 0.3), (30.0, 1, 0.0)):  # the second one rises
        right = rates_of(lr_scheduler.CosineAnnealingLR, height, steps + 1, T_max=steps, eta_min=low)
        got = [float(cosine_rate(t, height, steps, low)) for t in range(steps + 1)]
        checks.close(got, right, rtol=1e-5, atol=1e-6 * height, what=f"from {height:.3g} to {low:.3g}")
    got = [float(cosine_rate(t, lr, 2.4, lowest)) for t in (0.8, 1.6)]  # t and total need not be whole
    right = [lowest + 0.75 * (lr - lowest), lowest + 0.25 * (lr - lowest)]  # a third and two thirds of the way
    checks.close(got, right, rtol=1e-5, what="half a wave of 2.4 steps")
    right = rates_of(lr_scheduler.CosineAnnealingLR, lr, total + 1, T_max=total)
    checks.close([float(cosine_rate(t, lr, total)) for t in range(total + 1)], right, rtol=1e-5, atol=1e-6 * lr)
with checks.check("like OneCycleLR", hint="where is the peak, and which number has the last step?"):
    for height, total in ((lr, 20), (0.003, rng.integer(21, 47)), (30.0, 101), (lr, 4), (1.0, 5), (1.0, 8), (lr, 250)):
        right = rates_of(lr_scheduler.OneCycleLR, height, total, max_lr=height, total_steps=total, cycle_momentum=False)
        got = [float(one_cycle_rate(t, height, total)) for t in range(total)]
        checks.close(got, right, rtol=1e-5, atol=1e-6 * height, what=f"total {total}")
        checks.close(got[-1], right[-1], rtol=0.05, atol=0, what=f"the last rate of {total}")
### END HIDDEN TESTS

# %% [markdown]
# **Look** at them side by side. Which of them would you give to a network that starts with wild gradients?

# %%
figure, axis = plt.subplots(figsize=(7, 2.8))
moments = range(90)
axis.plot([step_rate(t, 1.0, 30, 0.1) for t in moments], label="step: × 0.1 after every 30")
axis.plot([exponential_rate(t, 1.0, 0.95) for t in moments], label="exponential: × 0.95")
axis.plot([cosine_rate(t, 1.0, 89) for t in moments], label="cosine")
axis.plot([one_cycle_rate(t, 1.0, 90) for t in moments], label="one cycle")
axis.set(xlabel="step", ylabel="learning rate")
axis.legend(fontsize=8)
figure.tight_layout()

# %% [markdown]
# **Now you can** write the common optimisers from memory of what each keeps (a fading sum, a growing sum of squares,
# two corrected averages), say who decays, and plan a learning rate over a whole training.
