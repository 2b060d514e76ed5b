# %% [markdown]
# ## 6 · The parts together
#
# **In this part you will** put the trainer to work, and give its steps a memory and a pace of their own, up to AdamW.
#
# The module below is a straight line for the flats; the data module takes 160 to train on and 40 to validate with.
# **Predict:** noise of standard deviation 1.5 was put into the rents. At about which loss will both curves end?


# %%
class LinearRegression(nn.Module, Settings):
    def __init__(self, features: int, lr: float):
        super().__init__()
        self.save_hyperparameters()
        self.layer = nn.Linear(features, 1)

    def training_step(self, batch):
        return F.mse_loss(self.layer(batch[0])[:, 0], batch[1])

    validation_step = training_step

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), self.lr)


class Flats(Settings):
    def __init__(self, size: int):
        self.save_hyperparameters()

    def train_dataloader(self):
        return DataLoader(TensorDataset(flats[:160], rents[:160]), self.size, shuffle=True)

    def val_dataloader(self):
        return DataLoader(TensorDataset(flats[160:], rents[160:]), 40)


# %%
torch.manual_seed(1)
board = ProgressBoard()
line = LinearRegression(2, lr=0.03)
Trainer(10, board).fit(line, Flats(16))
board.draw(ylabel="mean squared error", yscale="log")
print(line.hparams, "found:", [round(w, 2) for w in line.layer.weight[0].tolist()], round(line.layer.bias.item(), 2))

# %% [markdown]
# Near $1.5^2 = 2.25$, the variance of the noise. That is the lowest loss which a line can *expect* on new flats. On
# 160 or 40 given ones the noise happens to be a little larger or smaller, and a line fitted to them can come lower, so
# curves below 2.25 are no miracle. They keep jittering there, because every batch has a slightly different bottom.
#
# ## 7 · Steps with a memory
#
# Plain SGD forgets everything after each step. In a narrow valley that is a pity: if the steps were added up, the
# zigzag across the valley would cancel, and the slow drift along it would grow. So keep a memory for each parameter.
# Here is the skeleton that PyTorch's optimisers share. You will only write `update`, once for each optimiser.


# %% setup
class Optimiser:
    """Calls `update` for every parameter that has a gradient, each with a dictionary of its own as its memory."""

    def __init__(self, params, lr: float, **options):
        self.params, self.lr = list(params), lr
        self.memories = [{} for _ in self.params]
        for name, value in options.items():  # these go before what the class says
            setattr(self, name, value)

    @torch.no_grad()
    def step(self) -> None:
        """One update of each parameter."""
        for p, memory in zip(self.params, self.memories, strict=True):
            if p.grad is not None:
                self.update(p, p.grad, memory)

    def zero_grad(self) -> None:
        """Forget the gradients."""
        for p in self.params:
            p.grad = None


class SGD(Optimiser):
    """Plain gradient descent: it keeps nothing."""

    def update(self, p, g, memory):
        """Changes p in place."""
        p -= self.lr * g


def path(make, options, starts, gradients, rates=()):
    """Where parameters are after each step with its row of gradients and, where rates are given, its learning rate.

    None stands for no gradient; an empty row leaves the gradients that are there.
    """
    params = [start.clone().requires_grad_() for start in starts]
    opt, places = make(params, **options), []
    for step, row in enumerate(gradients):
        for p, g in zip(params, row, strict=False):
            p.grad = None if g is None else g.clone()
        if rates:
            opt.lr = rates[step]
            for group in getattr(opt, "param_groups", []):  # where PyTorch's optimisers keep it
                group["lr"] = rates[step]
        opt.step()
        places.append([p.detach().clone() for p in params])
    return places


def same_path(ours, theirs, options, rng, size=1.0, steps=7):
    """Fails unless our optimiser and PyTorch's walk the same way, also where a gradient is missing or not renewed."""
    starts = [rng.tensor(3), rng.tensor(2, 2), 5 * rng.tensor(2, 2)]
    gradients = [[size * rng.tensor(*start.shape) for start in starts] for _ in range(steps)]
    gradients[2][0] = gradients[3][1] = None
    gradients[1] = gradients[5] = []
    rates = [options["lr"] * rng.uniform(0.3, 1) for _ in gradients]
    got = checks.on_student_side(path, ours, options, starts, gradients, rates)
    for step, (row, known) in enumerate(zip(got, path(theirs, options, starts, gradients, rates), strict=True)):
        for p, right in zip(row, known, strict=True):
            checks.close(p, right, rtol=1e-4, atol=1e-4 * options["lr"], what=f"after step {step + 1}")


# %% [markdown]
# ### Exercise: momentum
# difficulty 3/5 · 10 minutes · cards: momentum, nesterov
#
# A heavy ball has a **velocity** $v$, at first 0. Each step keeps a share $\mu$ of it and adds the gradient:
#
# $$v \leftarrow \mu v + g \qquad\qquad p \leftarrow p - \eta v$$
#
# **Nesterov**'s version looks one step ahead. In the form that PyTorch uses, the velocity is updated in the same way,
# but the parameter then moves by $-\eta\,(g + \mu v)$, with the *new* $v$. (The velocity is a *sum* in which old
# gradients fade; some books average, with $(1-\mu)\,g$.) Write `update` for both. `self.lr`, `self.momentum` and
# `self.nesterov` hold the settings; the rate may change. Change `p` in place, and keep the velocity in `memory`.
#
# hint: At the first call `memory` is an empty dictionary. `memory.get("velocity", 0)` gives 0 while the key is missing.


# %% solution="Momentum" promises="changes(p, memory)"
class Momentum(Optimiser):
    """SGD with momentum, Nesterov's if asked for."""

    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        """Changes p in place, and the velocity in its memory."""
        ### BEGIN SOLUTION
        velocity = self.momentum * memory.get("velocity", 0) + g
        memory["velocity"] = velocity
        p -= self.lr * (g + self.momentum * velocity if self.nesterov else velocity)
        ### END SOLUTION


# %% tests="Momentum" points=5
def examples(rng):
    for nesterov in (False, True):
        opt, memory = Momentum([torch.zeros(3)], 0.1, nesterov=nesterov), checks.mutable({})
        opt.update(checks.mutable(rng.tensor(3)), rng.tensor(3), memory)  # so that there is a velocity to keep
        yield checks.example(opt.update, {"p": rng.tensor(3), "g": rng.tensor(3), "memory": memory})


with checks.check("two gradients of 1: the second step is 1.5 times as long", hint="half the old velocity, plus g"):
    ones, options = [[torch.ones(1)]] * 2, {"lr": 0.1, "momentum": 0.5}
    got = checks.on_student_side(path, Momentum, options, [torch.zeros(1)], ones)
    checks.close(torch.stack([place for (place,) in got]), [[-0.1], [-0.25]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
lr, momentum = rng.uniform(0.1, 0.5), rng.uniform(0.3, 0.8)
with checks.check("like torch.optim.SGD, step by step", points=2, hint="is there a velocity for each parameter?"):
    for options in ({"lr": lr, "momentum": momentum}, {"lr": 2.0, "momentum": 0.99}, {"lr": 0.01, "momentum": 0.0}):
        same_path(Momentum, torch.optim.SGD, options, rng, steps=9)
with checks.check("with Nesterov's look ahead", points=2, hint="the new velocity, once more shortened, plus g"):
    for options in ({"lr": lr, "momentum": momentum}, {"lr": 2.0, "momentum": 0.99}):
        same_path(Momentum, torch.optim.SGD, {**options, "nesterov": True}, rng, steps=9)
### END HIDDEN TESTS

# %% [markdown]
# Back to the narrow valley, forty steps each. **Predict:** what will the heavy ball do when it reaches the bottom?


# %%
def valley_walk(make, start=(2.7, 0.8), steps=40, **options):
    """The places of a walk in the valley (x² + 12 y²) / 2."""
    place = torch.tensor(start, requires_grad=True)
    opt, places = make([place], **options), [place.detach().clone()]
    for _ in range(steps):
        opt.zero_grad()
        ((place**2 * torch.tensor([1.0, 12.0])).sum() / 2).backward()
        opt.step()
        places.append(place.detach().clone())
    return torch.stack(places)


heavy = {"lr": 0.03, "momentum": 0.8}
walks = {"plain": valley_walk(SGD, lr=0.03), "momentum 0.8": valley_walk(Momentum, **heavy)}
draw_walks({**walks, "Nesterov 0.8": valley_walk(Momentum, **heavy, nesterov=True)})

# %% [markdown]
# The ball overshoots and comes back, and still it arrives earlier. When all the gradients point the same way, the
# velocity grows towards $g\,(1 + \mu + \mu^2 + \dots) = g/(1-\mu)$: with $\mu = 0.9$ a step becomes up to ten times as
# long. So with momentum try a smaller learning rate. Nesterov's ball feels the slope ahead and brakes in time. On a
# bowl, well-chosen momentum needs steps in proportion to the *square root* of the condition number.
#
# *Further reading:* Goh, "Why Momentum Really Works" (Distill, 2017), with sliders; Sutskever et al., "On the
# importance of initialization and momentum in deep learning" (ICML 2013).
#
# ## 8 · A pace of its own
#
# The other way out of the compromise is to give each parameter **a pace of its own**: divide each gradient by the size
# that gradients of this parameter usually have. Two ways to measure that size:
#
# $$\text{AdaGrad: } s \leftarrow s + g^2 \qquad \text{RMSProp: } s \leftarrow \alpha s + (1-\alpha)\, g^2
# \qquad\text{then}\qquad p \leftarrow p - \eta\,\frac{g}{\sqrt{s} + \varepsilon}$$
#
# ### Exercise: a pace for each parameter
# difficulty 2/5 · 8 minutes · cards: adagrad, rmsprop, adagrad-fades
#
# Fill the blanks. Everything is done element by element, and $s$ starts at 0 (where $\varepsilon$ saves the division).


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


threes, zero = [[torch.tensor([3.0])]] * 2, [torch.zeros(1)]
with checks.check("AdaGrad's first step is as long as the learning rate", hint="3 divided by the root of its square"):
    got = checks.on_student_side(path, AdaGrad, {"lr": 0.1, "eps": 0.0}, zero, threes)
    checks.close(torch.stack([place for (place,) in got]), [[-0.1], [-0.1 - 0.1 / 2**0.5]])
with checks.check("RMSProp's first step, with a quarter of the square", hint="1 - 0.75 of the squared gradient"):
    got = checks.on_student_side(path, RMSProp, {"lr": 0.1, "alpha": 0.75, "eps": 0.0}, zero, threes)
    checks.close(got[0][0], [-0.2])
### BEGIN HIDDEN TESTS
rng = checks.rng()
lr, eps, alpha = rng.uniform(0.1, 0.5), rng.uniform(0.1, 0.5), rng.uniform(0.6, 0.9)
with checks.check("AdaGrad like torch.optim.Adagrad", hint="a sum that only grows; eps stands outside the root"):
    for options, size in (({"lr": lr, "eps": eps}, 1.0), ({"lr": 2.0, "eps": 3.0}, 100.0)):
        same_path(AdaGrad, torch.optim.Adagrad, options, rng, size)
    for size in (1.0, 1e-5):
        same_path(AdaGrad, torch.optim.Adagrad, {"lr": 0.01}, rng, size)
with checks.check("RMSProp like torch.optim.RMSprop", points=2, hint="the two shares of an average add up to one"):
    for options, size in (
        ({"lr": lr, "eps": eps, "alpha": alpha}, 1.0),
        ({"lr": 2.0, "eps": 3.0, "alpha": 0.1}, 100.0),
    ):
        same_path(RMSProp, torch.optim.RMSprop, options, rng, size)
    for size in (1.0, 1e-6):  # beside gradients as small as these, eps is not small
        same_path(RMSProp, torch.optim.RMSprop, {"lr": 0.01}, rng, size)
### END HIDDEN TESTS

# %% [markdown]
# **Predict:** a parameter meets a gradient of 1 a hundred times in a row. How long are its steps with AdaGrad, and how
# long with RMSProp, at a learning rate of 1? And does it matter if the gradient is 1,000 instead?

# %%
figure, axis = plt.subplots(figsize=(6, 2.8), layout="tight")
for make in (AdaGrad, RMSProp):
    for size, style in ((1.0, "-"), (1000.0, ":")):
        walked = path(make, {"lr": 1.0}, [torch.zeros(1)], [[torch.tensor([size])]] * 100)
        lengths = -torch.diff(torch.tensor([0.0, *[place[0].item() for place in walked]]))
        axis.plot(range(1, 101), lengths, style, label=f"{make.__name__}, gradient {size:g}")
axis.set(xlabel="step", ylabel="length of the step", yscale="log")
axis.legend(fontsize=8)

# %% [markdown]
# The size of the gradient cancels: only its sign and its regularity matter. AdaGrad's steps shrink like $1/\sqrt t$,
# because its sum only grows. RMSProp's average forgets, and its steps settle at the learning rate. But it starts at 0,
# too low: the first step is $1/\sqrt{1-0.99} = 10$ times too long, the second 7 times, the third almost 6 times.
#
# When does a pace for each parameter pay? When features (or layers) come in different sizes. Below, three features are
# about 1, 10 and 100 large and all the true weights are 1. Plain descent gets its *best* rate, computed from the
# Hessian; the others get a guess. **Predict** how near each has come after a hundred steps.

# %%
sizes = torch.randn(200, 3, generator=torch.Generator().manual_seed(0)) * torch.tensor([1.0, 10.0, 100.0])
for make, rate in ((SGD, best_rate(2 * sizes.T @ sizes / 200)), (AdaGrad, 0.3), (RMSProp, 0.01)):
    w = torch.zeros(3, requires_grad=True)
    opt = make([w], lr=rate)
    for _ in range(100):
        opt.zero_grad()
        (sizes @ w - sizes.sum(1)).square().mean().backward()
        opt.step()
    print(f"{make.__name__:8} {[round(value, 3) for value in w.tolist()]}")

# %% [markdown]
# The condition number is 11,000, and plain descent would need some 38,000 steps. Divided by their usual size, all
# three gradients are alike. (Dividing the *features* by their size does the same: always try that first.)
#
# **Adam** ("adaptive moments") averages the gradients, which momentum adds up, and their squares, like RMSProp. It
# repairs the beginning by dividing each average by the share that is real so far. With $t = 1$ at the first step:
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
    start, options = torch.tensor([2.0, -40.0]), {"lr": 0.1, "weight_decay": 0.5}
    got = checks.on_student_side(path, Adam, options, [start], [[torch.zeros(2)]])
    checks.close(got[0][0], [1.9, -38.0])
### BEGIN HIDDEN TESTS
rng = checks.rng()
betas = (rng.uniform(0.5, 0.8), rng.uniform(0.85, 0.95))
options = {"lr": rng.uniform(0.1, 0.5), "betas": betas, "eps": rng.uniform(0.1, 0.5)}
with checks.check("like torch.optim.Adam, step by step", points=2, hint="t counts from 1; eps stands outside the root"):
    same_path(Adam, torch.optim.Adam, options, rng)
    same_path(Adam, torch.optim.Adam, {"lr": 2.0, "betas": (0.95, 0.3), "eps": 3.0}, rng, size=100.0)
with checks.check("with the usual settings", hint="read the settings from self, not from the formulas"):
    for size, steps in ((1.0, 9), (1e-7, 9), (1.0, 30)):  # beside gradients as small as these, eps is not small
        same_path(Adam, torch.optim.Adam, {"lr": 0.01}, rng, size, steps)
with checks.check("like torch.optim.AdamW, step by step", hint="decay scales with lr, and stays out of m and v"):
    for decay in (rng.uniform(0.3, 0.9), 0.01, 1.5):
        same_path(Adam, torch.optim.AdamW, {**options, "weight_decay": decay}, rng)
### END HIDDEN TESTS

# %% [markdown]
# The same valley, twelve times as steep across as along. **Predict:** in which direction will each of these set off?

# %%
walks = {"AdaGrad": valley_walk(AdaGrad, lr=0.5), "RMSProp": valley_walk(RMSProp, lr=0.1, alpha=0.9)}
draw_walks({**walks, "Adam": valley_walk(Adam, lr=0.2)})

# %% [markdown]
# All three set off at 45 degrees: the steepness has cancelled. AdaGrad and RMSProp then follow the axis of the valley.
# Adam also has a velocity, so it swings past the bottom and comes back. None heads straight for the centre.
#
# The factors of the bias correction, $1/(1-\beta^t)$, fade to 1. By default (`lr=0.001`, `betas=(0.9, 0.999)`,
# `eps=1e-8`) the first average is 12 % too small at step 20 and 1 % at step 44. The second takes 100 times as long.
#
# Why was the decay kept apart? In plain SGD, it does the same as adding $\tfrac{\lambda}{2}\lVert p\rVert^2$ to the
# loss (L2). But Adam divides everything in the gradient by its usual size. **Predict:** two weights begin at 1. One
# meets large random gradients, the other small ones. Which does Adam's L2 hardly shrink?

# %%
noise = torch.randn(1000, 2, generator=torch.Generator().manual_seed(3)) * torch.tensor([10.0, 0.1])
for name, make in (("Adam with L2", torch.optim.Adam), ("AdamW", torch.optim.AdamW)):
    end = lambda decay: path(make, {"lr": 1e-3, "weight_decay": decay}, [torch.ones(2)], [[g] for g in noise])[-1][0]
    first, second = end(0.0) - end(0.3)  # the same noise, without decay and with it
    print(f"{name:13} shrinks the first weight by {first:.2f}, the second by {second:.2f}")

# %% [markdown]
# With L2 the strength of the decay depends on how large a weight's gradients are. Decoupled, it is the same for both.
#
# ### Exercise: who should decay?
# difficulty 2/5 · 8 minutes · cards: param-groups, no-decay-vectors
#
# An optimiser also accepts a list of **parameter groups**. Each is a dictionary with the key `"params"` and any
# settings that are to differ. Often only matrices (and filters of convolutions) decay; biases and the scales of
# normalisation layers are spared. You can tell those by their shape: they have one axis at most.
#
# Always return two groups of the parameters that require a gradient, even if one is empty: first those with two or
# more axes, with the `weight_decay` given, then the others, with a decay of 0. Frozen parameters belong to neither.


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
def decays(decay_groups, weight_decay, frozen=()):
    """The group and the decay of each parameter of a small net that AdamW gets, and how many groups there are."""
    import torch
    from torch import nn

    model = nn.Sequential(nn.Conv1d(2, 3, 2), nn.BatchNorm1d(3), nn.Flatten(), nn.Linear(9, 4), nn.LayerNorm(4))
    model.scale = nn.Parameter(torch.tensor(1.0))
    model.bias_of_places = nn.Parameter(torch.ones(1, 4))
    model.norms = nn.Parameter(torch.ones(1, 2, 1, 3))
    for name, p in model.named_parameters():
        p.requires_grad_(name not in frozen)
    groups = torch.optim.AdamW(decay_groups(model, weight_decay), lr=0.1, weight_decay=99.0).param_groups
    names = {id(p): name for name, p in model.named_parameters()}
    found = {names[id(p)]: (n, float(group["weight_decay"])) for n, group in enumerate(groups) for p in group["params"]}
    return found, len(groups)


def sizes(decay_groups, weight_decay, weight, bias):
    """Size and decay of each group: for a layer of these very tensors, for nets of one kind only, and for a frozen one."""
    from torch import nn

    layer, frozen = nn.Linear(weight.shape[1], len(weight)), nn.Linear(2, 3).requires_grad_(False)
    layer.weight.data, layer.bias.data = weight, bias
    nets = [layer, nn.Linear(2, 3, bias=False), nn.Sequential(nn.BatchNorm1d(3), nn.Tanh()), frozen]
    found = [decay_groups(net, weight_decay) for net in nets]
    return [[(len(list(group["params"])), float(group["weight_decay"])) for group in groups] for groups in found]


def examples(rng):
    grouped = lambda weight, bias: checks.on_student_side(sizes, decay_groups, 0.1, weight, bias)
    yield checks.example(grouped, {"weight": rng.tensor(2, 3), "bias": rng.tensor(2)})


with checks.check("the matrix decays, its bias does not", hint="how many axes has a bias?"):
    found, groups = checks.on_student_side(decays, decay_groups, 0.1)
    checks.close([found["3.weight"][1], found["3.bias"][1]], [0.1, 0.0])
    checks.equal(groups, 2, what="how many groups there are")
### BEGIN HIDDEN TESTS
rng = checks.rng()
decay = rng.uniform(0.01, 0.5)
spared = ["0.bias", "1.weight", "1.bias", "3.bias", "4.weight", "4.bias", "scale"]
everybody = sorted([*spared, "0.weight", "3.weight", "bias_of_places", "norms"])
with checks.check(
    "filters decay, norm layers do not, everybody is in one group, and the decaying group stands first",
    hint="go by the axes, not by names; which of the two groups comes first?",
):
    for given in (decay, 0.0, 3.0):
        found, _ = checks.on_student_side(decays, decay_groups, given)
        checks.equal(sorted(found), everybody)
        right = [(1, 0.0) if name in spared else (0, given) for name in everybody]
        checks.close([found[name] for name in everybody], right, what="group and decay of each parameter")
    right = [[(1, decay), (1, 0)], [(1, decay), (0, 0)], [(0, decay), (2, 0)], [(0, decay), (0, 0)]]
    got = checks.on_student_side(sizes, decay_groups, decay, torch.ones(4, 2), torch.ones(4))
    checks.close(got, right, what="size and decay of each group, where one may be empty")
with checks.check("frozen parameters are in no group", hint="requires_grad says whether a parameter is trained"):
    frozen = [rng.choice(["0.weight", "3.weight"]), rng.choice(["1.bias", "4.weight"])]
    found, _ = checks.on_student_side(decays, decay_groups, decay, frozen)
    checks.equal(sorted(found), [name for name in everybody if name not in frozen])
### END HIDDEN TESTS

# %% [markdown]
# *Further reading:* Kingma and Ba, "Adam" (2015), arXiv 1412.6980; Loshchilov and Hutter, "Decoupled Weight Decay
# Regularization" (2019), arXiv 1711.05101; PyTorch's documentation of `torch.optim`, which has all these formulas.
#
# **Now you can** write the common optimisers from memory, say when each arrives sooner, and choose what should decay.
