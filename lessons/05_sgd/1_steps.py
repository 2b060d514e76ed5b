# %% [markdown]
# # Downhill
# Training a network is a walk downhill in fog: all you can feel is how the ground tilts underfoot. How long should a
# step be, which way should it go on rough ground, what good is a memory of earlier steps, and when do you slow down?
# You will build every optimiser you are likely to meet, check each against PyTorch's, and race them on digits.
#
# **In this part you will** take steps by hand, find out how long a step may be, and fit a straight line and a cubic.
#
# **Predict before you run.** Below are three walks in the same narrow valley. They start at the same place and take
# thirty steps each. Only one number differs. Change it in the cell and look again: where does the walk turn bad?

# %% setup
import inspect
import itertools
import math

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, Dataset, TensorDataset
from tqdm import tqdm

from course import checks, data, device

torch.set_num_threads(1)  # the nets of this lesson are so small that several threads would only wait for each other


def draw_walks(walks):
    """Each walk, by name, on a map of its own of the valley (x² + 12 y²) / 2."""
    across, along = torch.meshgrid(torch.linspace(-1.2, 1.2, 60), torch.linspace(-3, 3, 60), indexing="ij")
    _, axes = plt.subplots(1, len(walks), figsize=(3.4 * len(walks), 2.8), sharey=True, layout="tight")
    for axis, (name, places) in zip(axes, walks.items(), strict=True):
        axis.contour(along, across, (along**2 + 12 * across**2) / 2, 12, cmap="Greys")
        axis.plot(*places.T, "o-", color="tab:red", markersize=3, linewidth=1)
        axis.set(title=f"{name}: {places[-1].norm():.3f} away", xlim=(-3, 3), ylim=(-1.2, 1.2))


class ProgressBoard:
    """Keeps a curve for each name, and draws them on one sheet."""

    def __init__(self):
        self.curves: dict[str, list[float]] = {}

    def add(self, name: str, value: float) -> None:
        """One more point on the curve of that name."""
        self.curves.setdefault(name, []).append(value)

    def draw(self, **options) -> None:
        """All curves, one point an epoch."""
        _, axis = plt.subplots(figsize=(6, 2.8), layout="tight")
        for name, values in self.curves.items():
            axis.plot(range(1, len(values) + 1), values, marker=".", label=name)
        axis.set(xlabel="epoch", **options)
        axis.legend()


# %%
walks = {}
for rate in (0.01, 0.1, 0.168):  # change one of them
    places = [torch.tensor([2.7, 0.8])]
    for _ in range(30):
        places.append(places[-1] - rate * torch.tensor([1.0, 12.0]) * places[-1])  # the slope of (x² + 12 y²) / 2
    walks[f"learning rate {rate}"] = torch.stack(places)
draw_walks(walks)

# %% [markdown]
# Steps that are too short waste the day. A step that is too long lands higher up on the opposite wall. And *one*
# number has to serve the steep direction and the flat one. Most of this lesson is about ways out of that compromise.
#
# ## 1 · One step, by hand
#
# Gradient descent says: feel the slope, take a step against it, in proportion to how steep it is. The factor, $\eta$
# (eta), is the **learning rate**, in code usually called `lr`.
#
# $$w \leftarrow w - \eta \, L'(w)$$
#
# ### Exercise: a walk in one dimension
# difficulty 1/5 · 6 minutes · cards: step-by-hand, zero-in-place
#
# Start at `start` and take `steps` steps down the function `loss_of`. Collect all the places, the first one included.
# Fill the blanks: autograd finds the slope, the step changes `w` *in place* without being recorded, and nothing of
# this slope may be left for the next step.
#
# hint: Methods whose name ends in an underscore change the tensor itself. `a.sub_(b)` is `a -= b`.


# %% solution="walk" promises="no-graph"
def walk(loss_of, start: float, lr: float, steps: int) -> list[float]:
    """The places of a walk downhill: the start, then one place after each step."""
    w = torch.tensor(float(start), requires_grad=True)  # ? requires_grad=True
    places = [w.item()]
    for _ in range(steps):
        loss = loss_of(w)
        loss.backward()  # ? backward
        with torch.no_grad():  # ? no_grad
            w.sub_(lr * w.grad)  # ? sub_ | lr * w.grad
        w.grad.zero_()  # ? zero_
        places.append(w.item())  # ? item()
    return places


# %% tests="walk" points=3
def walked(walk, coefficients, start, lr, steps):
    """The places of a walk down the polynomial with these coefficients: of 1, w, w² and so on."""
    return walk(lambda w: sum(c * w**k for k, c in enumerate(coefficients)), start, lr, steps)


def examples(rng):
    def places(coefficients, lr):
        return checks.on_student_side(walked, walk, coefficients.tolist(), 0.5, lr, 3)

    yield checks.example(places, {"coefficients": rng.tensor(3), "lr": 0.2})


with checks.check("a step of half the learning rate halves the distance", hint="w minus lr times the slope"):
    checks.close(checks.on_student_side(walked, walk, [0.0, 0.0, 0.5], 8.0, 0.5, 1), [8.0, 4.0])
### BEGIN HIDDEN TESTS
rng = checks.rng()
steepness, bottom, start = rng.uniform(0.5, 2), rng.uniform(-2, 2), rng.choice([-1, 1]) * rng.uniform(3, 5)
bowl, plain = [0.0, -steepness * bottom, steepness / 2], [0.0, 0.0, 0.5]
with checks.check("many steps, each from its own slope", hint="is the old slope still in w.grad at the next step?"):
    for ground, place, lr, steps, what in (
        (bowl, start, 0.01, 6, "in a bowl"),
        (bowl, start, rng.uniform(0.1, 0.4), 6, "in a bowl"),
        (bowl, start, 2.3 / steepness, 6, "running away"),
        (plain, 8.0, 1.0, 4, "at the bottom after one step"),
        (plain, start, 0.01, 150, "on a long way"),
        ([0.0, -0.7, 0.0, 0.0, steepness / 4], 1.5, 0.1, 5, "down w to the fourth, on a slant"),
    ):
        right = [place]
        for _ in range(steps):
            slope = sum(k * c * right[-1] ** (k - 1) for k, c in enumerate(ground) if k)
            right.append(right[-1] - lr * slope)
        got = checks.on_student_side(walked, walk, ground, place, lr, steps)
        checks.close(got, right, rtol=1e-3, atol=1e-4, what=what)
with checks.check("no steps: only the start", hint="the list begins with the place before any step"):
    checks.close(checks.on_student_side(walked, walk, bowl, start, 0.3, 0), [start], rtol=1e-5)
### END HIDDEN TESTS

# %% [markdown]
# Four walks down $2w^2$, whose slope is $4w$. **Predict:** which crawls, settles in one step, zigzags, runs away?

# %%
figure, axes = plt.subplots(1, 4, figsize=(11, 2.6), sharey=True, layout="tight")
ground = torch.linspace(-1.6, 1.6, 80)
for axis, rate in zip(axes, [0.03, 0.25, 0.46, 0.52], strict=True):
    places = torch.tensor(walk(lambda w: 2 * w**2, -1.0, rate, 8))
    axis.plot(ground, 2 * ground**2, color="silver")
    axis.plot(places, 2 * places**2, "o-", color="tab:red", markersize=4, linewidth=1)
    axis.set(title=f"lr {rate}", xlabel="w", ylim=(-0.3, 5))

# %% [markdown]
# Each step down $\tfrac a2 w^2$ takes $w$ to $w - \eta a w = (1 - \eta a)\, w$. That factor explains all you saw:
#
# | factor $1-\eta a$ | learning rate | the walk |
# |---|---|---|
# | between 0 and 1 | below $1/a$ | comes nearer from one side |
# | 0 | $1/a$ | arrives in one step |
# | between −1 and 0 | between $1/a$ and $2/a$ | zigzags, and comes nearer |
# | below −1 | above $2/a$ | zigzags, and runs away |
#
# A bowl in many dimensions, $L(w) = \tfrac12 w^\top H w$, is a parabola along each eigenvector of $H$, as steep as its
# eigenvalue says. A **Hessian** $H$ with eigenvalues 1 and 12 is the narrow valley of the first picture.
#
# ### Exercise: the speed limit
# difficulty 3/5 · 10 minutes · cards: speed-limit, condition-number
#
# `hessian` is symmetric with positive eigenvalues. Write two functions.
#
# - `speed_limit`: the learning rate above which the walk runs away in at least one direction.
# - `best_rate`: the learning rate for which the *slowest* direction is as fast as it can be. At that rate the steepest
#   direction zigzags, the flattest one creeps, and both shrink equally fast.
#
# hint: `torch.linalg.eigvalsh` gives the eigenvalues of a symmetric matrix, smallest first.
#
# hint: For the best rate the two factors are opposite numbers: $1-\eta a = -(1-\eta b)$. Solve for $\eta$.


# %% solution="speed_limit" promises="leaves-inputs"
def speed_limit(hessian: torch.Tensor) -> float:
    """The largest learning rate that does not run away: (n, n) in, a number out."""
    ### BEGIN SOLUTION
    return (2 / torch.linalg.eigvalsh(hessian)[-1]).item()
    ### END SOLUTION


def best_rate(hessian: torch.Tensor) -> float:
    """The learning rate whose slowest direction is fastest: (n, n) in, a number out."""
    ### BEGIN SOLUTION
    eigenvalues = torch.linalg.eigvalsh(hessian)
    return (2 / (eigenvalues[0] + eigenvalues[-1])).item()
    ### END SOLUTION


# %% tests="speed_limit" points=6
def bowl(rng, n):
    """Steepness by direction, the directions, and the Hessian made of both: a valley that lies along no axis."""
    basis = torch.linalg.qr(rng.tensor(n, n, dtype=torch.float64)).Q
    steepness = torch.cumsum(rng.tensor(n, low=0.2, high=0.5, dtype=torch.float64), 0)
    steepness[-1] += 4  # far from the others, so that the mean is not the middle
    hessian = (basis * steepness) @ basis.T
    return steepness, basis, ((hessian + hessian.T) / 2).float()


def examples(rng):
    yield checks.example(speed_limit, {"hessian": bowl(rng, 3)[2]})
    yield checks.example(best_rate, {"hessian": bowl(rng, 4)[2]})


with checks.check("the valley of the first picture: 2/12 and 2/13", points=2, hint="which direction runs away first?"):
    valley = torch.diag(torch.tensor([1.0, 12.0]))
    checks.close(float(speed_limit(valley)), 2 / 12, rtol=1e-4)
    checks.close(float(best_rate(valley)), 2 / 13, rtol=1e-4)
### BEGIN HIDDEN TESTS
rng = checks.rng()
sizes = (2, rng.integer(3, 5), 9)
# Valleys of which we know the steepness exactly; from (1, 1), (1, 0) and so on the steepest direction cannot be seen.
one, three = rng.uniform(0.5, 2), torch.tensor([[2.0, -1.0], [-1.0, 2.0]])
known = [(torch.tensor([[one]]), one, one), (1e-3 * three, 1e-3, 3e-3), (1e3 * three.abs(), 1e3, 3e3)]
known += [(torch.diag(torch.tensor([5.0, 9.0, 0.1, 2.0])), 0.1, 9.0), (4 * torch.eye(3) - torch.ones(3, 3), 1.0, 4.0)]
with checks.check(
    "a little slower arrives, a little faster runs away", points=2, hint="no valley need follow the axes"
):
    for n in sizes:
        _, basis, hessian = bowl(rng, n)
        limit = float(speed_limit(hessian))
        for share, arrives in ((0.99, True), (1.01, False)):
            step = torch.eye(n, dtype=torch.float64) - share * limit * hessian.double()
            far = (torch.linalg.matrix_power(step, 2000) @ basis.sum(1)).norm()
            checks.true((far < 1).item() == arrives, f"at {share} of your limit, 2,000 steps ended {far:.3g} away")
    for hessian, _, steepest in known:
        checks.close(float(speed_limit(hessian)), 2 / steepest, rtol=1e-3, what="the limit of a simple valley")
with checks.check(
    "no other rate shrinks the slowest direction more", points=2, hint="steepest, flattest: equally fast"
):
    for n in sizes:
        steepness, _, hessian = bowl(rng, n)
        rate = float(best_rate(hessian))
        slowest = [(1 - rate * shift * steepness).abs().max().item() for shift in (0.99, 1.0, 1.01)]
        checks.true(slowest[1] < min(slowest[0], slowest[2]), f"the slowest factor at your rate is {slowest[1]:.4f}")
    for hessian, flattest, steepest in known:
        checks.close(float(best_rate(hessian)), 2 / (flattest + steepest), rtol=1e-3, what="for a simple valley")
### END HIDDEN TESTS

# %% [markdown]
# At the best rate the slowest factor is $(b-a)/(b+a)$ for eigenvalues from $a$ to $b$. The ratio $b/a$ is the
# **condition number**. **Predict:** how many steps bring you a thousand times nearer at a ratio of 2? And at 1,000?

# %%
for ratio in (2, 12, 100, 1000):
    factor = (ratio - 1) / (ratio + 1)
    print(f"condition number {ratio:5}: {math.ceil(math.log(1e-3) / math.log(factor)):5} steps at the best rate")

# %% [markdown]
# About 3.5 steps for each unit of the ratio. A network has too many eigenvalues to compute them all, but the largest
# can be measured: power iteration needs only products of the Hessian with a vector, which autograd computes without
# writing the Hessian down. The finding is strange: when a network is trained on all the data at once, its largest
# eigenvalue *grows* until it hovers around $2/\eta$, your speed limit, and training goes on all the same: the **edge
# of stability**. So the valley is not the whole truth about networks, but it explains what every trick below is for.
#
# ## 2 · A straight line, three ways
#
# Take a problem that is known to be a bowl: **linear regression** with the squared error. We invent flats with a size
# and an age, and rents that follow a straight line plus noise. So we know the truth that a method should find.

# %% setup
maker = torch.Generator().manual_seed(5)
true_w, true_b = torch.tensor([4.0, -1.0]), 20.0  # rent in hundreds, for size and age in standard units
flats = torch.randn(200, 2, generator=maker)
rents = flats @ true_w + true_b + 1.5 * torch.randn(200, generator=maker)

# %%
figure, axes = plt.subplots(1, 2, figsize=(8, 2.6), sharey=True, layout="tight")
for axis, column, name in zip(axes, flats.T, ["size", "age"], strict=True):
    axis.scatter(column, rents, s=8)
    axis.set_xlabel(f"{name} (standard units)")
axes[0].set_ylabel("rent (hundreds)")

# %% [markdown]
# At the bottom of a bowl the gradient is zero. For $\lVert Xw - y\rVert^2$ it is $2X^\top(Xw-y)$, so the bottom is
# where $X^\top X\, w = X^\top y$. These are the **normal equations**. They need no learning rate and no steps: one
# linear system, solved at once. What the line leaves unexplained, $y - Xw$, are the **residuals**.
#
# ### Exercise: the bottom in one go
# difficulty 2/5 · 8 minutes · cards: normal-equations, bias-column
#
# Find weights and bias of the best straight line. The bias is a weight too, namely of a feature that is always 1.
# Return them apart: `w` of shape (features,) and `b` as a number.
#
# hint: `torch.linalg.solve(A, c)` solves $Av = c$. Add a column of ones to `x` first.


# %% solution="least_squares" promises="leaves-inputs"
def least_squares(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, float]:
    """Weights (features,) and bias with the smallest squared error: (n, features) and (n,) in."""
    ### BEGIN SOLUTION
    table = torch.cat([x, torch.ones(len(x), 1)], dim=1)
    solution = torch.linalg.solve(table.T @ table, table.T @ y)
    return solution[:-1], solution[-1].item()
    ### END SOLUTION


# %% tests="least_squares" points=3
def examples(rng):
    yield checks.example(least_squares, {"x": rng.tensor(9, 2), "y": rng.tensor(9)})


with checks.check("three points on the line y = 2x + 1", hint="what does the column of ones stand for?"):
    w, b = least_squares(torch.tensor([[0.0], [1.0], [3.0]]), torch.tensor([1.0, 3.0, 7.0]))
    checks.close(w, [2.0], rtol=1e-4)
    checks.close(float(b), 1.0, rtol=1e-4)


### BEGIN HIDDEN TESTS
def best_line(x, y):
    """Weights, and the bias behind them, by torch's own solver in double precision."""
    table = torch.cat([x, torch.ones(len(x), 1)], 1).double()
    return torch.linalg.lstsq(table, y.double()[:, None]).solution[:, 0]


rng = checks.rng()
cases = []
for k in (1, rng.integer(2, 3), 4):  # points far from the origin
    n = rng.integer(25, 35)
    cases.append((rng.tensor(n, k) + 1, 3 * rng.tensor(n) - 2, 1e-3, 1e-3, f"{k} features"))
x = rng.tensor(210, 4) * torch.tensor([20.0, 0.05, 1.0, 0.1])
x[:, 3] += x[:, 2]  # features of several sizes, two of them nearly parallel
y = x @ torch.tensor([0.1, 20.0, 1.0, -2.0]) + 3 + 0.1 * rng.tensor(210) + (torch.arange(210) > 105)
cases.append((x, y, 5e-3, 1e-4, "features of several sizes"))
with checks.check("noisy points: the weights", hint="at the bottom the errors lean on no feature"):
    for x, y, rtol, atol, what in cases:
        checks.close(least_squares(x, y)[0], best_line(x, y)[:-1], rtol=rtol, atol=atol, what=what)
with checks.check("noisy points: the bias", hint="the bias is a weight too, and has a gradient of its own"):
    for x, y, _, atol, what in cases:
        checks.close(float(least_squares(x, y)[1]), best_line(x, y)[-1], rtol=1e-3, atol=atol, what=what)
### END HIDDEN TESTS

# %% [markdown]
# **Predict:** will the answer be exactly the truth that the flats were made from?

# %%
w, b = least_squares(flats, rents)
print("found:", [round(value, 2) for value in w.tolist()], round(b, 2), "   truth:", true_w.tolist(), true_b)

# %% [markdown]
# Close, not equal: 200 noisy flats are all it has seen. Then why walk at all, if a formula jumps to the bottom? Count
# the entries of $X^\top X$ for a million parameters, and think what becomes of "the gradient is zero" when the model
# is no longer linear in them. Methods that use the Hessian, such as Newton's step $w \leftarrow w - H^{-1} g$, are
# *second-order*. They need few steps (on a bowl, one), but each is expensive. Gradient descent is *first-order*.
#
# ### Exercise: a cubic, every step by hand
# difficulty 2/5 · 10 minutes · cards: cubic-features, sequential-flatten, loss-reduction, manual-loop
#
# A model can be linear in its parameters and still draw a curve. Give it $x$, $x^2$ and $x^3$ as three features, and
# a linear layer becomes a cubic. It has no feature for the constant term, because the layer's bias is one.
#
# - `powers_of`: from (n,) to (n, 3). Add a last axis, and let broadcasting take the three powers. Fill the blanks.
# - `cubic_model`: a linear layer makes (n, 1); `nn.Flatten` with two axes folds that to (n,), the shape of `y`.
# - `fit_by_hand`: write the loop. The loss is the *sum* of the squared errors, and every parameter takes a step by hand,
#   in place. Return the losses as plain numbers, each from before its step.
#
# hint: As in `walk`: no step may be recorded, and no gradient may be left over for the next one. A module has a method
# `zero_grad` for all its parameters.


# %% solution="cubic_by_hand" promises="leaves-inputs, numbers(fit_by_hand), tensor(powers_of)"
def powers_of(x: torch.Tensor) -> torch.Tensor:
    """The columns x, x² and x³: (n,) in, (n, 3) out."""
    exponents = torch.tensor([1, 2, 3])
    return x.unsqueeze(-1).pow(exponents)  # ? unsqueeze(-1) | pow(exponents)


def cubic_model() -> nn.Module:
    """Three features in, one number out: (n, 3) to (n,)."""
    return nn.Sequential(nn.Linear(3, 1), nn.Flatten(0, 1))  # ? Linear(3, 1) | Flatten(0, 1)


def fit_by_hand(model, features, y, lr: float, steps: int) -> list[float]:
    """Steps on the sum of squared errors, in place; returns the losses."""
    loss_func = nn.MSELoss(reduction="sum")
    losses = []
    ### BEGIN SOLUTION
    for _ in range(steps):
        loss = loss_func(model(features), y)
        losses.append(loss.item())
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= lr * p.grad
    ### END SOLUTION
    return losses


# %% tests="cubic_by_hand" points=5
def answers_of(cubic_model, features):
    """What comes out for these features, for none, each alone and one row; how many parameters; a new model each time?"""
    import torch

    model, other = cubic_model(), cubic_model()
    size = sum(p.numel() for p in model.parameters())
    apart = not {p.data_ptr() for p in model.parameters()} & {p.data_ptr() for p in other.parameters()}
    parts = (features, torch.zeros(2, 3), torch.eye(3), features[:1])
    return [model(part).detach() for part in parts], size, apart


def fitted(fit, start, *given):
    """The losses and all parameters in a row: of a linear model, or a net of two layers, that starts from these."""
    import torch
    from torch import nn

    layers = [nn.Linear(3, 1)] if len(start) == 4 else [nn.Linear(3, 2), nn.Tanh(), nn.Linear(2, 1)]
    model = nn.Sequential(*layers, nn.Flatten(0, 1))
    nn.utils.vector_to_parameters(start.clone(), model.parameters())
    return fit(model, *given), nn.utils.parameters_to_vector(model.parameters()).detach()


def examples(rng):
    start = rng.tensor(4)
    losses = lambda features, y, lr: checks.on_student_side(fitted, fit_by_hand, start, features, y, lr, 2)[0]
    yield checks.example(losses, {"features": rng.tensor(4, 3), "y": rng.tensor(4), "lr": 0.01}, of="fit_by_hand")
    yield checks.example(powers_of, {"x": rng.tensor(4)}, of="powers_of")


with checks.check("powers of 1, 2 and −3", hint="a last axis for the exponents"):
    checks.close(powers_of(torch.tensor([1.0, 2.0, -3.0])), [[1, 1, 1], [2, 4, 8], [-3, 9, -27]])
with checks.check("one step on two points", hint="clear, backward, step; the slope of error² is 2 · error"):
    x, y = torch.tensor([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]), torch.tensor([1.0, 2.0])
    losses, params = checks.on_student_side(fitted, fit_by_hand, torch.zeros(4), x, y, 0.25, 1)
    checks.close(losses, [5.0])
    checks.close(params, [0.5, 1.0, 0.0, 1.5], what="three weights and the bias")


### BEGIN HIDDEN TESTS
def descended(start, x, y, lr, steps):
    """The same in double precision, from torch's own gradient of the formula."""
    p, x, losses = start.double().requires_grad_(), x.double(), []
    for _ in range(steps):
        deep = (x @ p[:6].view(2, 3).T + p[6:8]).tanh() @ p[8:10] + p[10] if len(p) > 4 else x @ p[:3] + p[3]
        losses.append((deep - y).square().sum())
        p = (p - lr * torch.autograd.grad(losses[-1], p)[0]).detach().requires_grad_()
    return torch.stack(losses).detach(), p.detach()


rng = checks.rng()
x, y, line, net = rng.tensor(6, 3), rng.tensor(6), rng.tensor(4), rng.tensor(11)
lr, steps = rng.uniform(0.005, 0.015), rng.integer(4, 6)
far_x, far_y = rng.tensor(270, 3), 5 * rng.tensor(270)  # many: the last rate lies above their limit, and runs away
cases = [(line, x, y, lr, steps), (line, x, y, 2 * lr, steps), (net, x, y, lr, steps)]
cases += [(line, far_x, far_y, 1e-4, 40), (line, far_x, far_y, 0.01, 5)]
with checks.check(
    "the features of any points, and a model with a weight for each: one flat row of results",
    hint="x, x² and x³; (n, 1) folded to (n,)",
):
    for points in (y[:5], y[:1]):
        checks.close(powers_of(points), torch.stack([points, points**2, points**3], dim=1), rtol=1e-4, atol=1e-5)
    (out, bias, alone, one_row), size, apart = checks.on_student_side(answers_of, cubic_model, x)
    checks.equal(size, 4)
    checks.shape(bias, 2)
    checks.shape(one_row, 1, what="what comes out for one row")
    checks.true(apart, "two models share their parameters: make a new one in each call")
    checks.close(out, x @ (alone - bias[0]) + bias[0], rtol=1e-4, atol=1e-5)
with checks.check("the losses of several steps", hint="the loss before each step, as a plain number"):
    for case in cases:
        losses, _ = checks.on_student_side(fitted, fit_by_hand, *case)
        checks.close(losses, descended(*case)[0], rtol=1e-3, what=f"{case[-1]} losses")
with checks.check("weights and bias after several steps", hint="old gradients, all parameters, minus"):
    for case in cases:
        _, params = checks.on_student_side(fitted, fit_by_hand, *case)
        checks.close(params, descended(*case)[1], rtol=1e-3, atol=1e-4, what=f"after {case[-1]} steps")
### END HIDDEN TESTS

# %% [markdown]
# Let a cubic follow one wave of the sine. Which learning rate? $x^3$ reaches 31 and the errors of 400 points are added up,
# so it will be small. PyTorch's own tutorial takes one millionth. But you need not guess: this loss is a bowl,
# $H = 2X^\top X$, and you have a function for its limit. **Predict:** how much does a rate ten times as large gain?

# %%
x = torch.linspace(-math.pi, math.pi, 400)
columns = torch.cat([powers_of(x), torch.ones(400, 1)], dim=1).double()
print(f"speed limit {speed_limit(2 * columns.T @ columns):.3g}, best rate {best_rate(2 * columns.T @ columns):.3g}")
plt.figure(figsize=(6, 3), layout="tight")
plt.plot(x, x.sin(), color="black", label="sine")
for rate in (1e-6, 1e-5):
    torch.manual_seed(0)
    model = cubic_model()
    losses = fit_by_hand(model, powers_of(x), x.sin(), rate, device.budget(2000))
    plt.plot(x, model(powers_of(x)).detach(), label=f"lr {rate:g}: loss {losses[0]:.0f} to {losses[-1]:.2f}")
plt.legend(fontsize=8)

# %% [markdown]
# With a rate near its limit the walk has reached the best cubic there is (1.79). A cubic turns twice, and so does this
# piece of the sine, but at its ends the cubic is too steep.
#
# **Now you can** take a step by hand, say how long it may be, and fit a line and a curve, with steps or in one go.
#
# *Further reading:* Goodfellow, Bengio, Courville, *Deep Learning*, chapter 4 (Hessian, conditioning); Cohen et al.,
# "Gradient Descent on Neural Networks Typically Occurs at the Edge of Stability" (2021), arXiv 2103.00065; the PyTorch
# tutorial "Learning PyTorch with Examples" (this cubic); *Dive into Deep Learning*, chapter 3.
