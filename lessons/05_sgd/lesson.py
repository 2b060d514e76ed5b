# %% [markdown]
# # Downhill
# Training a network means walking downhill in fog. You cannot see the valley. All you can feel is how the ground tilts
# under your feet. This lesson is about the walk: how long a step should be, which way to go when the ground is rough,
# what a memory of earlier steps is good for, and when to slow down. You will build every optimiser that you are likely
# to meet, check each against PyTorch's own step by step, and race them on handwritten digits.
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
from torch.utils.data import Dataset
from tqdm import tqdm

from course import checks, data, device

torch.set_num_threads(1)  # the nets of this lesson are so small that several threads would only wait for each other

# %%
rates = [0.01, 0.1, 0.168]  # change one of them
across, along = torch.meshgrid(torch.linspace(-1.2, 1.2, 60), torch.linspace(-3, 3, 60), indexing="ij")
figure, axes = plt.subplots(1, 3, figsize=(10, 3), sharey=True)
for axis, lr in zip(axes, rates, strict=True):
    place, steps = torch.tensor([2.7, 0.8]), []
    for _ in range(30):
        steps.append(place)
        place = place - lr * torch.tensor([1.0, 12.0]) * place  # the slope of (x² + 12 y²) / 2
    axis.contour(along, across, (along**2 + 12 * across**2) / 2, 12, cmap="Greys")
    axis.plot(*torch.stack(steps).T, "o-", color="tab:red", markersize=3, linewidth=1)
    axis.set(title=f"learning rate {lr}", xlim=(-3, 3), ylim=(-1.2, 1.2))
figure.tight_layout()

# %% [markdown]
# Too short a step wastes the day. Too long a step lands on the opposite wall, higher up than before. The best one in
# the middle is a compromise, because the valley is steep in one direction and flat in the other, and *one* number has
# to serve both. Most of this lesson is about ways out of that compromise.
#
# ## 1 · One step, by hand
#
# Gradient descent says: feel the slope, take a step against it, in proportion to how steep it is.
#
# $$w \leftarrow w - \eta \, L'(w)$$
#
# The number $\eta$ (eta) is the **learning rate**. In code it is usually called `lr`.
#
# ### Exercise: a walk in one dimension
# difficulty 1/5 · 6 minutes · cards: step-by-hand, zero-in-place
#
# Start at `start` and take `steps` steps down the function `loss_of`. Collect all the places, the first one included.
# Fill the blanks: autograd finds the slope, the step changes `w` *in place* without being recorded, and nothing of
# this slope may be left for the next step.
#
# hint: Methods whose name ends in an underscore change the tensor itself. `a.sub_(b)` is `a -= b`.


# %% solution="walk"
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
def in_a_bowl(walk, steepness, bottom, start, lr, steps):
    """The places of a walk down steepness / 2 times the squared distance from the bottom."""
    return [float(place) for place in walk(lambda w: steepness / 2 * (w - bottom) ** 2, start, lr, steps)]


with checks.check("a step of half the learning rate halves the distance", hint="w minus lr times the slope"):
    checks.close(checks.there(in_a_bowl, walk, 1.0, 0.0, 8.0, 0.5, 1), [8.0, 4.0])
### BEGIN HIDDEN TESTS
rng = checks.rng()
steepness, bottom, start, lr = rng.uniform(0.5, 2), rng.uniform(-2, 2), rng.uniform(3, 5), rng.uniform(0.1, 0.4)
with checks.check("many steps, each from its own slope", hint="is the old slope still in w.grad at the next step?"):
    factor = 1 - lr * steepness  # each step multiplies the distance from the bottom by this
    right = [bottom + factor**k * (start - bottom) for k in range(7)]
    checks.close(checks.there(in_a_bowl, walk, steepness, bottom, start, lr, 6), right, rtol=1e-4, atol=1e-4)
with checks.check("no steps: only the start", hint="the list begins with the place before any step"):
    checks.close(checks.there(in_a_bowl, walk, steepness, bottom, start, lr, 0), [start], rtol=1e-5)
### END HIDDEN TESTS


# %% equivalent="walk: the start is a float already, as the signature says"
# - w = torch.tensor(float(start), requires_grad=True)
# + w = torch.tensor(start, requires_grad=True)


# %% right="walk: through .data and grad = None"
def walk(loss_of, start, lr, steps):
    w = torch.tensor([float(start)]).requires_grad_()
    places = [float(start)]
    while len(places) <= steps:
        loss_of(w).sum().backward()
        w.data -= lr * w.grad
        w.grad = None
        places.append(w.item())
    return places


# %% right="walk: a new leaf for every step, in double precision"
def walk(loss_of, start, lr, steps):
    places = [float(start)]
    for _ in range(steps):
        w = torch.tensor(places[-1], dtype=torch.float64, requires_grad=True)
        (slope,) = torch.autograd.grad(loss_of(w), w)
        places.append((w - lr * slope).item())
    return places


# %% right="walk: returns a tensor, no float()"
def walk(loss_of, start, lr, steps):
    w = torch.tensor(start, requires_grad=True)
    places = [w.detach().clone()]
    for _ in range(steps):
        loss_of(w).backward()
        w = (w - lr * w.grad).detach().requires_grad_()
        places.append(w.detach())
    return torch.stack(places)


# %% right="walk: central differences in Python numbers"
def walk(loss_of, start, lr, steps):
    places = [start]
    for _ in range(steps):
        x = places[-1]
        places.append(x - lr * (loss_of(x + 1e-4) - loss_of(x - 1e-4)) / 2e-4)
    return places


# %% wrong="walk: uphill"
def walk(loss_of, start, lr, steps):
    w = torch.tensor(float(start), requires_grad=True)
    places = [w.item()]
    for _ in range(steps):
        loss_of(w).backward()
        with torch.no_grad():
            w.add_(lr * w.grad)
        w.grad.zero_()
        places.append(w.item())
    return places


# %% wrong="walk: slopes pile up"
def walk(loss_of, start, lr, steps):
    w = torch.tensor(float(start), requires_grad=True)
    places = [w.item()]
    for _ in range(steps):
        loss_of(w).backward()
        with torch.no_grad():
            w.sub_(lr * w.grad)
        places.append(w.item())
    return places


# %% wrong="walk: steps by the loss, not by its slope"
def walk(loss_of, start, lr, steps):
    w = torch.tensor(float(start))
    places = [w.item()]
    for _ in range(steps):
        w.sub_(lr * loss_of(w))
        places.append(w.item())
    return places


# %% wrong="walk: zeroes the parameter"
def walk(loss_of, start, lr, steps):
    w = torch.tensor(float(start), requires_grad=True)
    places = [w.item()]
    for _ in range(steps):
        loss_of(w).backward()
        with torch.no_grad():
            w.sub_(lr * w.grad)
            w.zero_()
        w.grad.zero_()
        places.append(w.item())
    return places


# %% wrong="walk: sub without the underscore"
def walk(loss_of, start, lr, steps):
    w = torch.tensor(float(start), requires_grad=True)
    places = [w.item()]
    for _ in range(steps):
        loss_of(w).backward()
        with torch.no_grad():
            w.sub(lr * w.grad)
        w.grad.zero_()
        places.append(w.item())
    return places


# %% [markdown]
# Four walks down the parabola $2w^2$, whose slope is $4w$. **Predict** for each learning rate whether the walk crawls,
# settles in one step, zigzags, or runs away.

# %%
figure, axes = plt.subplots(1, 4, figsize=(11, 2.6), sharey=True)
ground = torch.linspace(-1.6, 1.6, 80)
for axis, lr in zip(axes, [0.03, 0.25, 0.46, 0.52], strict=True):
    places = torch.tensor(walk(lambda w: 2 * w**2, -1.0, lr, 8))
    axis.plot(ground, 2 * ground**2, color="silver")
    axis.plot(places, 2 * places**2, "o-", color="tab:red", markersize=4, linewidth=1)
    axis.set(title=f"lr {lr}", xlabel="w", ylim=(-0.3, 5))
figure.tight_layout()

# %% [markdown]
# Write one step down $\tfrac a2 w^2$ as $w - \eta a w = (1 - \eta a)\, w$. Every step multiplies $w$ by the same
# factor, and everything you saw follows from it:
#
# | factor $1-\eta a$ | learning rate | the walk |
# |---|---|---|
# | between 0 and 1 | below $1/a$ | comes nearer from one side |
# | 0 | $1/a$ | arrives in one step |
# | between −1 and 0 | between $1/a$ and $2/a$ | zigzags, and comes nearer |
# | below −1 | above $2/a$ | zigzags, and runs away |
#
# A bowl in many dimensions, $L(w) = \tfrac12 w^\top H w$, is a parabola in each direction of an eigenvector of $H$.
# Its steepness in that direction is the eigenvalue. A **Hessian** $H$ with eigenvalues 1 and 12 is the narrow valley
# of the first picture.
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
# hint: for the best rate the two factors are opposite numbers: $1-\eta a = -(1-\eta b)$. Solve for $\eta$.


# %% solution="speed_limit"
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


# %% tests="speed_limit" points=4
with checks.check("the valley of the first picture: 2/12 and 2/13", points=2, hint="which direction runs away first?"):
    valley = torch.diag(torch.tensor([1.0, 12.0]))
    checks.close(float(speed_limit(valley)), 2 / 12)
    checks.close(float(best_rate(valley)), 2 / 13)
### BEGIN HIDDEN TESTS
rng = checks.rng()
n = rng.integer(3, 5)
basis = torch.linalg.qr(rng.tensor(n, n, dtype=torch.float64)).Q
steepness = torch.cumsum(rng.tensor(n, low=0.2, high=0.5, dtype=torch.float64), 0)
steepness[-1] += 4  # far from the others, so that the mean is not the middle
hessian = (basis * steepness) @ basis.T
hessian = (hessian + hessian.T) / 2
with checks.check("a little slower arrives, a little faster runs away", hint="valleys need not lie along the axes"):
    limit = float(speed_limit(hessian))
    for share, arrives in ((0.99, True), (1.01, False)):
        step = torch.eye(n, dtype=torch.float64) - share * limit * hessian
        far = torch.linalg.matrix_power(step, 2000) @ basis.sum(1)
        checks.true(
            (far.norm() < 1).item() == arrives, f"at {share} of your limit, 2,000 steps ended {far.norm():.3g} away"
        )
with checks.check("no other rate shrinks the slowest direction more", hint="steepest and flattest: equally fast"):
    rate = float(best_rate(hessian))
    slowest = [(1 - rate * shift * steepness).abs().max().item() for shift in (0.99, 1.0, 1.01)]
    checks.true(slowest[1] < min(slowest[0], slowest[2]), f"the slowest factor at your rate is {slowest[1]:.4f}")
### END HIDDEN TESTS


# %% right="speed_limit: by the spectral norm of the matrix and of its inverse"
def speed_limit(hessian):
    return 2 / torch.linalg.matrix_norm(hessian, 2)


def best_rate(hessian):
    steepest = torch.linalg.matrix_norm(hessian, 2)
    flattest = 1 / torch.linalg.matrix_norm(torch.linalg.inv(hessian), 2)
    return 2 / (flattest + steepest)


# %% right="speed_limit: general eigenvalues, min and max"
def speed_limit(hessian):
    return 2 / max(torch.linalg.eigvals(hessian).real.tolist())


def best_rate(hessian):
    found = torch.linalg.eigvals(hessian).real
    return float(2 / (found.min() + found.max()))


# %% right="speed_limit: svd in single precision"
def speed_limit(hessian):
    return 2 / torch.linalg.svdvals(hessian.float())[0]


def best_rate(hessian):
    s = torch.linalg.svdvals(hessian.float())
    return (2 / (s[0] + s[-1])).item()


# %% wrong="speed_limit: the steepest axis instead of the steepest direction"
def speed_limit(hessian):
    return (2 / hessian.diagonal().max()).item()


def best_rate(hessian):
    return (2 / (hessian.diagonal().min() + hessian.diagonal().max())).item()


# %% wrong="speed_limit: where the zigzag begins"
def speed_limit(hessian):
    return (1 / torch.linalg.eigvalsh(hessian)[-1]).item()


def best_rate(hessian):
    eigenvalues = torch.linalg.eigvalsh(hessian)
    return (2 / (eigenvalues[0] + eigenvalues[-1])).item()


# %% wrong="speed_limit: the flattest direction decides"
def speed_limit(hessian):
    return (2 / torch.linalg.eigvalsh(hessian)[0]).item()


def best_rate(hessian):
    eigenvalues = torch.linalg.eigvalsh(hessian)
    return (2 / (eigenvalues[0] + eigenvalues[-1])).item()


# %% wrong="speed_limit: the mean of all eigenvalues"
def speed_limit(hessian):
    return (2 / torch.linalg.eigvalsh(hessian)[-1]).item()


def best_rate(hessian):
    return (1 / torch.linalg.eigvalsh(hessian).mean()).item()


# %% wrong="speed_limit: the Frobenius norm"
def speed_limit(hessian):
    return (2 / hessian.norm()).item()


def best_rate(hessian):
    return (1 / hessian.norm()).item()


# %% [markdown]
# At the best rate the slowest factor is $(b-a)/(b+a)$, with $a$ the smallest and $b$ the largest eigenvalue. The ratio
# $b/a$ is the **condition number**. **Predict:** how many steps does it take to come a thousand times nearer if the
# ratio is 2? And if it is 1,000?

# %%
for ratio in (2, 12, 100, 1000):
    factor = (ratio - 1) / (ratio + 1)
    print(f"condition number {ratio:5}: {math.ceil(math.log(1e-3) / math.log(factor)):5} steps at the best rate")

# %% [markdown]
# About 3.5 steps for each unit of the ratio. Nobody knows the eigenvalues of a real network, and nobody needs them:
# the picture of the valley is enough to understand what every trick below is for.
#
# ## 2 · A straight line, three ways
#
# Take a problem that is known to be a bowl: **linear regression** with the squared error. We invent flats with a size
# and an age, and rents that follow a straight line plus noise. So we know the truth that a method should find.

# %% setup
maker = torch.Generator().manual_seed(5)
true_w, true_b = torch.tensor([9.0, -2.0]), 6.0  # rent in hundreds, for size and age in standard units
flats = torch.randn(200, 2, generator=maker)
rents = flats @ true_w + true_b + 1.5 * torch.randn(200, generator=maker)

# %%
figure, axes = plt.subplots(1, 2, figsize=(8, 2.6), sharey=True)
for axis, column, name in zip(axes, flats.T, ["size", "age"], strict=True):
    axis.scatter(column, rents, s=8)
    axis.set_xlabel(f"{name} (standard units)")
axes[0].set_ylabel("rent (hundreds)")
figure.tight_layout()

# %% [markdown]
# At the bottom of a bowl the gradient is zero. For $\lVert Xw - y\rVert^2$ the gradient is $2X^\top(Xw-y)$, so the
# bottom is where
#
# $$X^\top X\, w = X^\top y.$$
#
# These are the **normal equations**. They need no learning rate and no steps: one linear system, solved at once.
#
# ### Exercise: the bottom in one go
# difficulty 2/5 · 8 minutes · cards: normal-equations, bias-column
#
# Find weights and bias of the best straight line. The bias is a weight too, namely of a feature that is always 1.
# Return them apart: `w` of shape (features,) and `b` as a number.
#
# hint: `torch.linalg.solve(A, c)` solves $Av = c$. Add a column of ones to `x` first.


# %% solution="least_squares"
def least_squares(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, float]:
    """Weights (features,) and bias with the smallest squared error: (n, features) and (n,) in."""
    ### BEGIN SOLUTION
    table = torch.cat([x, torch.ones(len(x), 1)], dim=1)
    solution = torch.linalg.solve(table.T @ table, table.T @ y)
    return solution[:-1], solution[-1].item()
    ### END SOLUTION


# %% tests="least_squares" points=3
with checks.check("three points on the line y = 2x + 1", hint="what does the column of ones stand for?"):
    w, b = least_squares(torch.tensor([[0.0], [1.0], [3.0]]), torch.tensor([1.0, 3.0, 7.0]))
    checks.close(w, [2.0], rtol=1e-4)
    checks.close(float(b), 1.0, rtol=1e-4)
### BEGIN HIDDEN TESTS
rng = checks.rng()
n, k = rng.integer(25, 35), rng.integer(2, 4)
x = rng.tensor(n, k, dtype=torch.float64) + 1
y = 3 * rng.tensor(n, dtype=torch.float64) + 2
with checks.check("noisy points: the errors lean on no feature", hint="at the bottom the gradient is zero"):
    w, b = least_squares(x, y)
    checks.shape(w, k)
    checks.close(x.T @ (x @ w.double() + float(b) - y), torch.zeros(k), atol=1e-3)
with checks.check("the errors add up to zero", hint="the bias has a gradient of its own"):
    w, b = least_squares(x, y)
    checks.close((x @ w.double() + float(b) - y).sum(), 0.0, atol=1e-3)
### END HIDDEN TESTS


# %% right="least_squares: from the centre of the points"
def least_squares(x, y):
    xc, yc = x - x.mean(0), y - y.mean()
    w = torch.linalg.inv(xc.T @ xc) @ xc.T @ yc
    return w, y.mean() - x.mean(0) @ w


# %% right="least_squares: torch's own solver, ones in front"
def least_squares(x, y):
    table = torch.column_stack([torch.ones(x.shape[0]).to(x), x])
    solution = torch.linalg.lstsq(table, y[:, None]).solution[:, 0]
    return solution[1:], float(solution[0])


# %% right="least_squares: inverse in single, matrix y"
def least_squares(x, y):
    X = F.pad(x.float(), (1, 0), value=1.0)
    v = torch.inverse(X.T.mm(X)).mm(X.T).mm(y.float().unsqueeze(1))
    return v[1:].squeeze(1), v[0].item()


# %% wrong="least_squares: no bias"
def least_squares(x, y):
    return torch.linalg.solve(x.T @ x, x.T @ y), 0.0


# %% wrong="least_squares: the mean of y as bias"
def least_squares(x, y):
    w = torch.linalg.solve(x.T @ x, x.T @ (y - y.mean()))
    return w, y.mean().item()


# %% wrong="least_squares: the bias from the wrong end"
def least_squares(x, y):
    table = torch.cat([x, torch.ones(len(x), 1, dtype=x.dtype)], dim=1)
    solution = torch.linalg.solve(table.T @ table, table.T @ y)
    return solution[1:], solution[0].item()


# %% wrong="least_squares: forgets to divide by the squares"
def least_squares(x, y):
    table = torch.cat([x, torch.ones(len(x), 1, dtype=x.dtype)], dim=1)
    solution = table.T @ y / len(x)
    return solution[:-1], solution[-1].item()


# %% [markdown]
# **Predict:** will the answer be exactly the truth that the flats were made from?

# %%
w, b = least_squares(flats, rents)
print("found:", [round(value, 2) for value in w.tolist()], round(b, 2), "   truth:", true_w.tolist(), true_b)

# %% [markdown]
# Close, not equal: 200 noisy flats are all it has seen. Then why walk at all, if a formula jumps to the bottom? The
# formula needs a bowl. Put one bend into the model and it is gone. It also needs a matrix with a row and a column for
# every parameter, and for a million parameters that is a million times a million numbers. Methods that use the Hessian
# are called *second-order*. They need few steps, and each one is dear. Gradient descent is *first-order*.
#
# ### Exercise: a cubic, every step by hand
# difficulty 2/5 · 10 minutes · cards: cubic-features, sequential-flatten, loss-reduction, manual-loop
#
# A model can be linear in its parameters and still draw a curve. Give it $x$, $x^2$ and $x^3$ as three features, and
# `nn.Linear(3, 1)` becomes a cubic. It has no feature for the constant term, because the layer's bias is one. Fill the
# blanks.
#
# - `powers_of`: from (n,) to (n, 3). A last axis is added, then the three powers are taken by broadcasting.
# - `cubic_model`: a linear layer makes (n, 1), and `nn.Flatten(0, 1)` folds that to (n,), the shape of `y`.
# - `fit_by_hand`: the *sum* of squared errors, and steps by hand on every parameter. Each loss is from before its step.


# %% solution="cubic_by_hand"
def powers_of(x: torch.Tensor) -> torch.Tensor:
    """The columns x, x² and x³: (n,) in, (n, 3) out."""
    exponents = torch.tensor([1, 2, 3])  # ? [1, 2, 3]
    return x.unsqueeze(-1).pow(exponents)  # ? unsqueeze(-1) | pow(exponents)


def cubic_model() -> nn.Module:
    """Three features in, one number out: (n, 3) to (n,)."""
    return nn.Sequential(nn.Linear(3, 1), nn.Flatten(0, 1))  # ? Sequential | Linear(3, 1) | Flatten(0, 1)


def fit_by_hand(model, features, y, lr: float, steps: int) -> list[float]:
    """Steps on the sum of squared errors, in place; returns the losses."""
    loss_func = nn.MSELoss(reduction="sum")  # ? MSELoss | "sum"
    losses = []
    for _ in range(steps):
        loss = loss_func(model(features), y)  # ? model(features) | y
        losses.append(loss.item())  # ? loss.item()
        model.zero_grad()  # ? zero_grad
        loss.backward()  # ? backward()
        with torch.no_grad():  # ? torch.no_grad()
            for p in model.parameters():  # ? parameters
                p -= lr * p.grad  # ? lr * p.grad
    return losses


# %% tests="cubic_by_hand" points=5
def answers_of(cubic_model, features):
    """What comes out of the model for these features, for none and for each alone, and how many parameters it has."""
    import torch

    model = cubic_model()
    size = sum(p.numel() for p in model.parameters())
    return [model(part).detach() for part in (features, torch.zeros(2, 3), torch.eye(3))], size


def fitted(fit, w, b, features, y, lr, steps):
    """The losses and the parameters of a linear model that starts from w and b, with a stale gradient in it."""
    import torch

    model = torch.nn.Sequential(torch.nn.Linear(w.shape[1], 1), torch.nn.Flatten(0, 1))
    for p, start in zip(model.parameters(), (w, b), strict=True):
        p.data, p.grad = start.clone(), torch.ones_like(start)
    losses = [float(loss) for loss in fit(model, features, y, lr, steps)]
    return losses, [p.detach().clone() for p in model.parameters()]


with checks.check("powers of 1, 2 and −3", hint="a last axis for the exponents"):
    checks.close(powers_of(torch.tensor([1.0, 2.0, -3.0])), [[1, 1, 1], [2, 4, 8], [-3, 9, -27]])
with checks.check(
    "one step on two points", hint="clear, backward, step; the slope of a squared error is twice the error"
):
    x, y = torch.tensor([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]), torch.tensor([1.0, 2.0])
    losses, (w, b) = checks.there(fitted, fit_by_hand, torch.zeros(1, 3), torch.zeros(1), x, y, 0.25, 1)
    checks.close(losses, [5.0])
    checks.close(w, [[0.5, 1.0, 0.0]])
    checks.close(b, [1.5])
### BEGIN HIDDEN TESTS
rng = checks.rng()
x, y, w, b = rng.tensor(6, 3), rng.tensor(6), rng.tensor(1, 3), rng.tensor(1)
lr, steps = rng.uniform(0.005, 0.015), rng.integer(4, 6)
with checks.check("the model: a weight for each power, a bias, one flat row of results", hint="(n, 1) folded to (n,)"):
    (out, bias, alone), size = checks.there(answers_of, cubic_model, x)
    checks.equal(size, 4)
    checks.shape(bias, 2)
    checks.close(out, x @ (alone - bias[0]) + bias[0], rtol=1e-4, atol=1e-5)
right_w, right_b, right_losses = w[0].double(), b.double(), []
for _ in range(steps):
    error = x.double() @ right_w + right_b - y
    right_losses.append(error.square().sum())
    right_w, right_b = right_w - lr * 2 * x.T.double() @ error, right_b - lr * 2 * error.sum()
got = ([], [])
with checks.check("the losses of several steps", hint="the loss before each step, as a plain number"):
    got = checks.there(fitted, fit_by_hand, w, b, x, y, lr, steps)
    checks.close(got[0], torch.stack(right_losses), rtol=1e-3)
with checks.check("weights and bias after several steps", hint="old gradients, all parameters, minus"):
    checks.close(got[1][0], right_w[None], rtol=1e-3, atol=1e-4)
    checks.close(got[1][1], right_b, rtol=1e-3, atol=1e-4)
### END HIDDEN TESTS


# %% equivalent="cubic_by_hand: a squared difference is the same from either side"
# - loss = loss_func(model(features), y)
# + loss = loss_func(y, model(features))


# %% equivalent="cubic_by_hand: the last axis is where flattening ends anyway"
# - return nn.Sequential(nn.Linear(3, 1), nn.Flatten(0, 1))
# + return nn.Sequential(nn.Linear(3, 1), nn.Flatten(0))


# %% right="cubic_by_hand: stacked powers, a module of its own"
def powers_of(x):
    return torch.stack([x, x**2, x**3], dim=1)


class Cubic(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(3, 1)

    def forward(self, features):
        return self.layer(features).squeeze(-1)


def cubic_model():
    return Cubic()


def fit_by_hand(model, features, y, lr, steps):
    losses = []
    for _ in range(steps):
        for p in model.parameters():
            p.grad = None
        loss = ((model(features) - y) ** 2).sum()
        loss.backward()
        for p in model.parameters():
            p.data.sub_(lr * p.grad)
        losses.append(loss.detach().item())
    return losses


# %% right="cubic_by_hand: asks autograd directly"
def powers_of(x):
    return x[:, None] ** torch.arange(1, 4)


def cubic_model():
    model = nn.Sequential()
    model.add_module("line", nn.Linear(in_features=3, out_features=1))
    model.add_module("flat", nn.Flatten(start_dim=0))
    return model


def fit_by_hand(model, features, y, lr, steps):
    losses = []
    for _ in range(steps):
        loss = F.mse_loss(model(features), y, reduction="sum")
        gradients = torch.autograd.grad(loss, list(model.parameters()))
        with torch.no_grad():
            for p, gradient in zip(model.parameters(), gradients, strict=True):
                p.add_(gradient, alpha=-lr)
        losses.append(loss.item())
    return losses


# %% right="cubic_by_hand: own parameters, zero bias"
def powers_of(x):
    return torch.vander(x, 4, increasing=True)[:, 1:]


class Poly(nn.Module):
    def __init__(self):
        super().__init__()
        self.b = nn.Parameter(torch.zeros(()))
        self.w = nn.Parameter(torch.randn(3))

    def forward(self, z):
        return z @ self.w + self.b


def cubic_model():
    return Poly()


def fit_by_hand(model, features, y, lr, steps):
    losses = torch.zeros(steps)
    for i in range(steps):
        model.zero_grad(set_to_none=True)
        error = model(features) - y
        loss = error @ error
        losses[i] = loss.detach()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p.copy_(p - lr * p.grad)
    return losses


# %% wrong="cubic_by_hand: the mean instead of the sum"
def powers_of(x):
    return x.unsqueeze(-1).pow(torch.tensor([1, 2, 3]))


def cubic_model():
    return nn.Sequential(nn.Linear(3, 1), nn.Flatten(0, 1))


def fit_by_hand(model, features, y, lr, steps):
    loss_func = nn.MSELoss()
    losses = []
    for _ in range(steps):
        loss = loss_func(model(features), y)
        losses.append(loss.item())
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= lr * p.grad
    return losses


# %% wrong="cubic_by_hand: a constant feature instead of the cube"
def powers_of(x):
    return x.unsqueeze(-1).pow(torch.tensor([0, 1, 2]))


def cubic_model():
    return nn.Sequential(nn.Linear(3, 1), nn.Flatten(0, 1))


def fit_by_hand(model, features, y, lr, steps):
    loss_func = nn.MSELoss(reduction="sum")
    losses = []
    for _ in range(steps):
        loss = loss_func(model(features), y)
        losses.append(loss.item())
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= lr * p.grad
    return losses


# %% wrong="cubic_by_hand: forgets to flatten"
def powers_of(x):
    return x.unsqueeze(-1).pow(torch.tensor([1, 2, 3]))


def cubic_model():
    return nn.Sequential(nn.Linear(3, 1))


def fit_by_hand(model, features, y, lr, steps):
    loss_func = nn.MSELoss(reduction="sum")
    losses = []
    for _ in range(steps):
        loss = loss_func(model(features), y)
        losses.append(loss.item())
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= lr * p.grad
    return losses


# %% wrong="cubic_by_hand: zero_grad between backward and step"
def powers_of(x):
    return x.unsqueeze(-1).pow(torch.tensor([1, 2, 3]))


def cubic_model():
    return nn.Sequential(nn.Linear(3, 1), nn.Flatten(0, 1))


def fit_by_hand(model, features, y, lr, steps):
    loss_func = nn.MSELoss(reduction="sum")
    losses = []
    for _ in range(steps):
        loss = loss_func(model(features), y)
        losses.append(loss.item())
        loss.backward()
        model.zero_grad(set_to_none=False)
        with torch.no_grad():
            for p in model.parameters():
                p -= lr * p.grad
    return losses


# %% wrong="cubic_by_hand: never clears"
def powers_of(x):
    return x.unsqueeze(-1).pow(torch.tensor([1, 2, 3]))


def cubic_model():
    return nn.Sequential(nn.Linear(3, 1), nn.Flatten(0, 1))


def fit_by_hand(model, features, y, lr, steps):
    loss_func = nn.MSELoss(reduction="sum")
    losses = []
    for _ in range(steps):
        loss = loss_func(model(features), y)
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= lr * p.grad
    return losses


# %% [markdown]
# ### Exercise: let an optimiser do it
# difficulty 2/5 · 7 minutes · cards: optimiser-two-lines, make-sgd, import-optim
#
# Three of those lines are the same in every program: clear, and step through all the parameters. `torch.optim` has
# them ready. The optimiser is told *once* which parameters it looks after. Rewrite the loop with one. `make` is a class
# such as `torch.optim.SGD` or `torch.optim.RMSprop`, and `make_sgd` shows how one is made by name.


# %% solution="fit_with"
def make_sgd(model, lr: float):
    """Plain gradient descent on all the parameters of the model."""
    from torch import optim  # ? torch | optim

    return optim.SGD(model.parameters(), lr=lr)  # ? SGD | model.parameters() | lr=lr


def fit_with(make, model, features, y, lr: float, steps: int) -> list[float]:
    """Steps of an optimiser on the sum of squared errors, in place; returns the losses."""
    loss_func = nn.MSELoss(reduction="sum")
    opt = make(model.parameters(), lr=lr)  # ? model.parameters() | lr=lr
    losses = []
    for _ in range(steps):
        loss = loss_func(model(features), y)  # ? loss_func
        losses.append(loss.item())
        opt.zero_grad()  # ? opt.zero_grad()
        loss.backward()  # ? loss.backward()
        opt.step()  # ? opt.step()
    return losses


# %% tests="fit_with" points=3
def fitted(fit, name, w, b, features, y, lr, steps):
    """The losses and the parameters after training a linear model that starts from w and b, with a stale gradient."""
    import torch

    model = torch.nn.Sequential(torch.nn.Linear(w.shape[1], 1), torch.nn.Flatten(0, 1))
    for p, start in zip(model.parameters(), (w, b), strict=True):
        p.data, p.grad = start.clone(), torch.ones_like(start)
    losses = fit(getattr(torch.optim, name), model, features, y, lr, steps)
    return [float(loss) for loss in losses], [p.detach().clone() for p in model.parameters()]


def sgd_facts(make_sgd, lr):
    """Parameters after a step with gradients of one, and after a second step."""
    import torch

    model = torch.nn.Linear(2, 1)
    before = [p.detach().clone() for p in model.parameters()]
    opt = make_sgd(model, lr)
    moves = []
    for _ in range(2):
        for p in model.parameters():
            p.grad = torch.ones_like(p)
        opt.step()
        moves.append([(old - p).detach() for old, p in zip(before, model.parameters(), strict=True)])
    return moves


with checks.check("one step of SGD on two points", hint="clear, backward, step"):
    x, y = torch.tensor([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]), torch.tensor([1.0, 2.0])
    losses, (w, b) = checks.there(fitted, fit_with, "SGD", torch.zeros(1, 3), torch.zeros(1), x, y, 0.25, 1)
    checks.close(losses, [5.0])
    checks.close(w, [[0.5, 1.0, 0.0]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
x, y, w, b, steps = rng.tensor(6, 3), rng.tensor(6), rng.tensor(1, 3), rng.tensor(1), rng.integer(4, 6)
lr = rng.uniform(0.005, 0.015)
with checks.check("any optimiser, several steps", hint="one optimiser for all the steps; clear before backward"):
    right_w, right_b = w.clone().requires_grad_(), b.clone().requires_grad_()
    opt = torch.optim.RMSprop([right_w, right_b], lr=lr)
    right_losses = []
    for _ in range(steps):
        error = (x * right_w).sum(1) + right_b - y
        right_losses.append((error * error).sum().item())
        right_w.grad, right_b.grad = (2 * error @ x).detach()[None], 2 * error.sum().detach()[None]
        opt.step()
    losses, (got_w, got_b) = checks.there(fitted, fit_with, "RMSprop", w, b, x, y, lr, steps)
    checks.close(losses, right_losses, rtol=1e-3)
    checks.close(got_w, right_w.detach(), rtol=1e-3, atol=1e-4)
    checks.close(got_b, right_b.detach(), rtol=1e-3, atol=1e-4)
with checks.check("make_sgd steps by lr times the gradient", hint="both parameters, with the rate that was asked for"):
    first, second = checks.there(sgd_facts, make_sgd, lr)
    for move, twice in zip(first, second, strict=True):
        checks.close(move, torch.full(move.shape, lr), rtol=1e-2, atol=1e-6)
        checks.close(twice, torch.full(move.shape, 2 * lr), rtol=1e-2, atol=1e-6)
### END HIDDEN TESTS


# %% equivalent="fit_with: a squared difference is the same from either side"
# - loss = loss_func(model(features), y)
# + loss = loss_func(y, model(features))


# %% right="fit_with: clears at the end as well as at the start"
def make_sgd(model, lr):
    return torch.optim.SGD(list(model.parameters()), lr)


def fit_with(make, model, features, y, lr, steps):
    opt = make(list(model.parameters()), lr=lr)
    losses = []
    model.zero_grad()
    for _ in range(steps):
        loss = (model(features) - y).square().sum()
        loss.backward()
        opt.step()
        opt.zero_grad()
        losses += [loss.item()]
    return losses


# %% right="fit_with: with a closure"
def make_sgd(model, lr):
    return torch.optim.SGD([{"params": model.parameters()}], lr=lr, momentum=0)


def fit_with(make, model, features, y, lr, steps):
    opt = make([{"params": model.parameters(), "lr": lr}])

    def again():
        opt.zero_grad()
        loss = F.mse_loss(model(features), y, reduction="sum")
        loss.backward()
        return loss

    return [opt.step(again).item() for _ in range(steps)]


# %% wrong="fit_with: forgets to clear"
def make_sgd(model, lr):
    return torch.optim.SGD(model.parameters(), lr=lr)


def fit_with(make, model, features, y, lr, steps):
    loss_func = nn.MSELoss(reduction="sum")
    opt = make(model.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        loss = loss_func(model(features), y)
        losses.append(loss.item())
        loss.backward()
        opt.step()
    return losses


# %% wrong="fit_with: clears between backward and step"
def make_sgd(model, lr):
    return torch.optim.SGD(model.parameters(), lr=lr)


def fit_with(make, model, features, y, lr, steps):
    loss_func = nn.MSELoss(reduction="sum")
    opt = make(model.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        loss = loss_func(model(features), y)
        losses.append(loss.item())
        loss.backward()
        opt.zero_grad()
        opt.step()
    return losses


# %% wrong="fit_with: a new optimiser for every step"
def make_sgd(model, lr):
    return torch.optim.SGD(model.parameters(), lr=lr)


def fit_with(make, model, features, y, lr, steps):
    loss_func = nn.MSELoss(reduction="sum")
    losses = []
    for _ in range(steps):
        opt = make(model.parameters(), lr=lr)
        loss = loss_func(model(features), y)
        losses.append(loss.item())
        opt.zero_grad()
        loss.backward()
        opt.step()
    return losses


# %% wrong="fit_with: the default learning rate"
def make_sgd(model, lr):
    return torch.optim.SGD(model.parameters())


def fit_with(make, model, features, y, lr, steps):
    loss_func = nn.MSELoss(reduction="sum")
    opt = make(model.parameters())
    losses = []
    for _ in range(steps):
        loss = loss_func(model(features), y)
        losses.append(loss.item())
        opt.zero_grad()
        loss.backward()
        opt.step()
    return losses


# %% wrong="fit_with: always SGD"
def make_sgd(model, lr):
    return torch.optim.SGD(model.parameters(), lr=lr)


def fit_with(make, model, features, y, lr, steps):
    loss_func = nn.MSELoss(reduction="sum")
    opt = make_sgd(model, lr)
    losses = []
    for _ in range(steps):
        loss = loss_func(model(features), y)
        losses.append(loss.item())
        opt.zero_grad()
        loss.backward()
        opt.step()
    return losses


# %% [markdown]
# Let a cubic follow one wave of the sine, by hand and with RMSprop, an optimiser that you will write yourself in a
# moment. **Predict:** where will the cubic fail?

# %%
x = torch.linspace(-math.pi, math.pi, 400)
plt.figure(figsize=(6, 3))
plt.plot(x, x.sin(), color="black", label="sine")
for label, fit, lr in (("by hand", fit_by_hand, 1e-6), ("RMSprop", lambda *a: fit_with(torch.optim.RMSprop, *a), 1e-3)):
    torch.manual_seed(0)
    model = cubic_model()
    losses = fit(model, powers_of(x), x.sin(), lr, device.budget(2000))
    plt.plot(x, model(powers_of(x)).detach(), label=f"{label}: loss {losses[0]:.0f} to {losses[-1]:.1f}")
plt.legend(fontsize=8)
plt.tight_layout()

# %% [markdown]
# The same model, the same data, the same number of steps. By hand we dare a learning rate of one millionth only,
# because $x^3$ reaches 31 while the bias sees a 1: the narrow valley again. RMSprop gives every parameter a pace of its
# own. How it does that is the subject of section 4.


# %% [markdown]
# ## 3 · Three parts that fit together
#
# As programs grow, people sort them into three parts: a **module** that knows the model, the loss and the optimiser; a
# **data module** that hands out batches; and a **trainer** that owns the loop and does not care what is being trained.
# Whole libraries are built on this division. You will build a small one.
#
# ### Exercise: save the hyperparameters
# difficulty 3/5 · 8 minutes · cards: save-hyperparameters, frame-locals
#
# Every class begins with `self.lr = lr; self.width = width; ...`, and everybody is tired of typing that. When a
# function calls another one, Python keeps a **frame** for each, and `frame.f_back` is the frame of the caller. Its
# `f_locals` is a dictionary of the caller's local variables. So a method can look up who called it, and store the
# caller's arguments by itself. Fill the blanks, so that everything is stored except `self`, the names in `ignore`, and
# names that begin with an underscore.
#
# hint: `setattr(thing, "lr", 0.1)` does the same as `thing.lr = 0.1`, for a name that is only known while running.


# %% solution="Settings"
class Settings:
    """For classes that want to remember what they were made with."""

    def save_hyperparameters(self, ignore=()) -> None:
        """Makes the arguments of the calling __init__ attributes, and keeps them in self.hparams."""
        arguments = inspect.currentframe().f_back.f_locals  # ? f_back | f_locals
        kept = {name for name in arguments if not name.startswith("_")}  # ? startswith("_")
        kept -= {"self", *ignore}  # ? "self" | *ignore
        self.hparams = {name: arguments[name] for name in kept}  # ? arguments[name]
        for name, value in self.hparams.items():
            setattr(self, name, value)  # ? setattr | name, value


# %% tests="Settings" points=3
def remembered(settings, width, lr, ignore):
    """What an object stores: its hparams, two attributes, and the names of all its attributes."""

    class Model(settings):
        left_out = ignore

        def __init__(self, width, lr, rows=None, _secret=0):
            super().__init__()
            self.save_hyperparameters(ignore=self.left_out)

    model = Model(width, lr, rows=[1, 2])
    stored = {name for name in ("width", "lr", "rows", "_secret", "self", "ignore") if name in vars(model)}
    return dict(model.hparams), sorted(stored), getattr(model, "width", None), getattr(model, "lr", None)


with checks.check("arguments become attributes", hint="whose local variables do you look at?"):
    hparams, stored, width, lr = checks.there(remembered, Settings, 8, 0.5, ())
    checks.equal((width, lr), (8, 0.5))
### BEGIN HIDDEN TESTS
rng = checks.rng()
width, lr = rng.integer(5, 99), rng.uniform(0, 1)
with checks.check("hparams holds names and values, without self and underscores", hint="three kinds of names stay out"):
    hparams, stored, _, _ = checks.there(remembered, Settings, width, lr, ())
    checks.equal(hparams, {"width": width, "lr": lr, "rows": [1, 2]})
    checks.equal(stored, ["lr", "rows", "width"])
with checks.check("what is ignored is not stored", hint="ignore is a list of names"):
    hparams, stored, _, _ = checks.there(remembered, Settings, width, lr, ["rows", "width"])
    checks.equal(hparams, {"lr": lr})
    checks.equal(stored, ["lr"])
### END HIDDEN TESTS


# %% right="Settings: by getargvalues and a loop"
class Settings:
    def save_hyperparameters(self, ignore=()):
        _, _, _, values = inspect.getargvalues(inspect.currentframe().f_back)
        self.hparams = {}
        for name, value in values.items():
            if name == "self" or name in ignore or name[0] == "_":
                continue
            self.hparams[name] = value
            self.__dict__[name] = value


# %% right="Settings: by the stack"
class Settings:
    def save_hyperparameters(self, ignore=()):
        caller = inspect.stack()[1].frame.f_locals
        names = set(caller) - set(ignore) - {"self"}
        self.hparams = {n: caller[n] for n in sorted(names) if not n.startswith("_")}
        vars(self).update(self.hparams)


# %% wrong="Settings: its own local variables"
class Settings:
    def save_hyperparameters(self, ignore=()):
        arguments = inspect.currentframe().f_locals
        kept = {name for name in arguments if not name.startswith("_")} - {"self", *ignore}
        self.hparams = {name: arguments[name] for name in kept}
        for name, value in self.hparams.items():
            setattr(self, name, value)


# %% wrong="Settings: keeps self"
class Settings:
    def save_hyperparameters(self, ignore=()):
        arguments = inspect.currentframe().f_back.f_locals
        kept = {name for name in arguments if not name.startswith("_")} - {*ignore}
        self.hparams = {name: arguments[name] for name in kept}
        for name, value in self.hparams.items():
            setattr(self, name, value)


# %% wrong="Settings: ignores nothing"
class Settings:
    def save_hyperparameters(self, ignore=()):
        arguments = inspect.currentframe().f_back.f_locals
        kept = {name for name in arguments if not name.startswith("_")} - {"self"}
        self.hparams = {name: arguments[name] for name in kept}
        for name, value in self.hparams.items():
            setattr(self, name, value)


# %% wrong="Settings: keeps names with an underscore"
class Settings:
    def save_hyperparameters(self, ignore=()):
        arguments = inspect.currentframe().f_back.f_locals
        kept = set(arguments) - {"self", *ignore}
        self.hparams = {name: arguments[name] for name in kept}
        for name, value in self.hparams.items():
            setattr(self, name, value)


# %% wrong="Settings: no attributes"
class Settings:
    def save_hyperparameters(self, ignore=()):
        arguments = inspect.currentframe().f_back.f_locals
        kept = {name for name in arguments if not name.startswith("_")} - {"self", *ignore}
        self.hparams = {name: arguments[name] for name in kept}


# %% [markdown]
# Now the data. A **Dataset** answers two questions: how many rows are there (`len(dataset)`), and which is row number
# i (`dataset[i]`)? A **DataLoader** turns that into shuffled batches. How many rows go into one step gives the method
# its name:
#
# | rows in a step | name | steps in an epoch of n rows |
# |---|---|---|
# | all n | (full-batch) gradient descent | 1 |
# | one | stochastic gradient descent, in the strict sense | n |
# | some dozens or hundreds, B | mini-batch gradient descent, "SGD" to nearly everybody | n / B, rounded up |
#
# ### Exercise: rows, batches, one pass
# difficulty 2/5 · 10 minutes · cards: import-data, own-dataset, bce-loss, one-pass, three-batch-sizes
#
# `Rows` is a data set of your own. `one_pass` uses the ready-made `TensorDataset` and goes once through all the rows,
# in shuffled batches of `size`, with one step of SGD after each. The model ends in a sigmoid, so its results are
# probabilities. Their loss is the *binary cross-entropy*: $-\ln p$ for a label of 1 and $-\ln(1-p)$ for a label of 0,
# on average. `F.binary_cross_entropy` is the function, and a class in `nn` with a shorter name is its module. It takes
# float labels only.


# %% solution="one_pass"
class Rows(Dataset):
    """Row number i is the pair of features x[i] and label y[i], the label as a float."""

    def __init__(self, x: torch.Tensor, y: torch.Tensor):
        self.x, self.y = x, y.float()

    def __len__(self) -> int:  # ? __len__
        return len(self.x)  # ? len(self.x)

    def __getitem__(self, i: int):  # ? __getitem__
        return self.x[i], self.y[i]  # ? self.x[i], self.y[i]


def one_pass(model, x, y, lr: float, size: int) -> list[float]:
    """One epoch of mini-batch SGD on the binary cross-entropy, in place; returns the loss of each batch."""
    from torch.utils.data import DataLoader, TensorDataset  # ? torch.utils.data | DataLoader | TensorDataset

    dataset = TensorDataset(x, y.float())  # ? y.float()
    loader = DataLoader(dataset, batch_size=size, shuffle=True)  # ? batch_size=size | shuffle=True
    loss_func = nn.BCELoss()  # ? BCELoss
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for xb, yb in loader:  # ? loader
        loss = loss_func(model(xb), yb)  # ? model(xb), yb
        opt.zero_grad()
        loss.backward()  # ? backward
        opt.step()  # ? step
        losses.append(loss.item())
    return losses


# %% tests="one_pass" points=5
def rows_of(rows, x, y):
    """Length and items of the data set, and the sizes of the batches that a loader makes of it."""
    from torch.utils.data import DataLoader

    dataset = rows(x, y)
    return len(dataset), [dataset[i] for i in range(len(x))], [len(xb) for xb, yb in DataLoader(dataset, batch_size=4)]


def passes(one_pass, w, x, y, lr, size):
    """For two passes: the batches that the model met, the losses, and the weight after the pass."""
    import torch

    seen = []
    layer = torch.nn.Linear(len(w), 1, bias=False)
    layer.weight.data = w[None].clone()
    layer.register_forward_hook(lambda module, args, out: seen.append(args[0].detach().clone()))
    model = torch.nn.Sequential(layer, torch.nn.Flatten(0, 1), torch.nn.Sigmoid())
    found = []
    for _ in range(2):
        losses = [float(loss) for loss in one_pass(model, x, y, lr, size)]
        found.append((list(seen), losses, layer.weight.detach()[0].clone()))
        seen.clear()
    return found


def replayed(w, batches, label, lr):
    """Losses and weight after these batches, from the formula of the gradient."""
    losses = []
    for xb in batches:
        yb = torch.tensor([float(label[tuple(row)]) for row in xb.tolist()])
        p = 1 / (1 + torch.exp(-xb @ w))
        losses.append(-(yb * p.log() + (1 - yb) * (1 - p).log()).mean())
        w = w - lr * (p - yb) @ xb / len(xb)
    return losses, w


with checks.check("a data set of three rows", hint="how many rows, and which is row number i?"):
    length, items, _ = checks.there(rows_of, Rows, torch.tensor([[1.0], [2.0], [5.0]]), torch.tensor([1, 0, 1]))
    checks.equal(length, 3)
    checks.close([float(x) for x, y in items], [1.0, 2.0, 5.0])
    checks.close([float(y) for x, y in items], [1.0, 0.0, 1.0])
with checks.check("one batch that has no idea loses ln 2", hint="minus the logarithm of one half"):
    x, y = torch.tensor([[1.0, 0.0], [0.0, 1.0]]), torch.tensor([1, 0])
    found = checks.there(passes, one_pass, torch.zeros(2), x, y, 1.0, 2)
    checks.close(found[0][1], [math.log(2)])
    checks.close(found[0][2], [0.25, -0.25])
### BEGIN HIDDEN TESTS
rng = checks.rng()
n, size, lr = rng.integer(40, 55), rng.integer(6, 9), rng.uniform(0.1, 0.5)
x, y, w = rng.tensor(n, 3), rng.integers(n, low=0, high=1), rng.tensor(3)
label = {tuple(row): int(one) for row, one in zip(x.tolist(), y, strict=True)}
with checks.check("a loader can batch your data set", hint="features and label of the same row, the label a float"):
    length, items, sizes = checks.there(rows_of, Rows, x, y)
    checks.equal(sizes, [4] * (n // 4) + ([n % 4] if n % 4 else []))
    checks.close(torch.stack([one for one, _ in items]), x)
    labels = torch.stack([torch.as_tensor(one) for _, one in items])
    checks.close(labels, y.float())
    checks.true(labels.is_floating_point(), "the labels are whole numbers: the binary cross-entropy takes floats only")
found = ()
with checks.check("every row once, in another order each pass", hint="batches of the size asked for, shuffled"):
    found = checks.there(passes, one_pass, w, x, y, lr, size)
    for batches, _, _ in found:
        checks.equal([len(xb) for xb in batches], [size] * (n // size) + ([n % size] if n % size else []))
        checks.equal(sorted(torch.cat(batches).tolist()), sorted(x.tolist()))
    first, second = (torch.cat(batches) for batches, _, _ in found)
    checks.true(not torch.equal(first, x), "the rows came in their old order")
    checks.true(not torch.equal(first, second), "two passes came in the same order")
with checks.check("a step after each batch", hint="clear, backward, step; each row keeps its label"):
    start = w
    for batches, losses, end in found or checks.there(passes, one_pass, w, x, y, lr, size):
        right_losses, right_end = replayed(start, batches, label, lr)
        checks.close(losses, right_losses, rtol=1e-3)
        checks.close(end, right_end, rtol=1e-3, atol=1e-4)
        start = end
### END HIDDEN TESTS


# %% right="one_pass: a list of pairs, our own data set in the loader"
from torch.utils import data as torch_data


class Rows(torch_data.Dataset):
    def __init__(self, x, y):
        self.pairs = [(row, label.float()) for row, label in zip(x, y, strict=True)]

    def __len__(self):
        return len(self.pairs)

    def __getitem__(self, i):
        return self.pairs[i]


def one_pass(model, x, y, lr, size):
    losses = []
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    for xb, yb in torch_data.DataLoader(Rows(x, y), size, True):
        opt.zero_grad()
        loss = F.binary_cross_entropy(model(xb), yb)
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% right="one_pass: an order drawn by hand, the loss by its formula"
class Rows:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __len__(self):
        return self.x.shape[0]

    def __getitem__(self, i):
        return self.x[i], self.y[i].to(torch.float32)


def one_pass(model, x, y, lr, size):
    losses = []
    for places in torch.randperm(len(x)).split(size):
        p = model(x[places])
        loss = -torch.where(y[places] == 1, p, 1 - p).log().mean()
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= lr * parameter.grad
        losses.append(loss.item())
    return losses


# %% right="one_pass: Python float labels, functional, own class without base"
class Rows:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __len__(self):
        return self.y.numel()

    def __getitem__(self, i):
        return self.x[i], float(self.y[i])


def one_pass(model, x, y, lr, size):
    from torch.utils.data import DataLoader, TensorDataset

    losses = []
    for xb, yb in DataLoader(TensorDataset(x, y), size, shuffle=True):
        loss = F.binary_cross_entropy(model(xb), yb.float(), reduction="mean")
        for p in model.parameters():
            p.grad = None
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p.sub_(p.grad, alpha=lr)
        losses.append(loss.detach())
    return losses


# %% wrong="one_pass: never shuffles"
from torch.utils.data import DataLoader, Dataset, TensorDataset


class Rows(Dataset):
    def __init__(self, x, y):
        self.x, self.y = x, y.float()

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


def one_pass(model, x, y, lr, size):
    loader = DataLoader(TensorDataset(x, y.float()), batch_size=size)
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for xb, yb in loader:
        loss = nn.BCELoss()(model(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="one_pass: whole-number labels"
from torch.utils.data import DataLoader, Dataset, TensorDataset


class Rows(Dataset):
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


def one_pass(model, x, y, lr, size):
    loader = DataLoader(TensorDataset(x, y), batch_size=size, shuffle=True)
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for xb, yb in loader:
        loss = nn.BCELoss()(model(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="one_pass: the loss with logits, and a row without its label"
from torch.utils.data import DataLoader, Dataset, TensorDataset


class Rows(Dataset):
    def __init__(self, x, y):
        self.x, self.y = x, y.float()

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.x[i]


def one_pass(model, x, y, lr, size):
    loader = DataLoader(TensorDataset(x, y.float()), batch_size=size, shuffle=True)
    loss_func = nn.BCEWithLogitsLoss()
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for xb, yb in loader:
        loss = loss_func(model(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="one_pass: one step at the end of the pass"
from torch.utils.data import DataLoader, Dataset, TensorDataset


class Rows(Dataset):
    def __init__(self, x, y):
        self.x, self.y = x, y.float()

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


def one_pass(model, x, y, lr, size):
    loader = DataLoader(TensorDataset(x, y.float()), batch_size=size, shuffle=True)
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    opt.zero_grad()
    for xb, yb in loader:
        loss = nn.BCELoss()(model(xb), yb)
        loss.backward()
        losses.append(loss.item())
    opt.step()
    return losses


# %% wrong="one_pass: drops the last rows, length counts features"
from torch.utils.data import DataLoader, Dataset, TensorDataset


class Rows(Dataset):
    def __init__(self, x, y):
        self.x, self.y = x, y.float()

    def __len__(self):
        return self.x.numel()

    def __getitem__(self, i):
        return self.x[i], self.y[i]


def one_pass(model, x, y, lr, size):
    loader = DataLoader(TensorDataset(x, y.float()), batch_size=size, shuffle=True, drop_last=True)
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for xb, yb in loader:
        loss = nn.BCELoss()(model(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% [markdown]
# **Look** at the binary cross-entropy from both sides. As a function of the prediction it is a steep curve: being sure
# and wrong costs any price. As a function of the label, with the prediction held fixed, it is a straight line.
# **Predict** which way that line tilts when the prediction is 0.8.

# %%
inner = torch.linspace(0.01, 0.99, 99)
figure, (left, right) = plt.subplots(1, 2, figsize=(8, 2.8), sharey=True)
for label in (1.0, 0.0):
    loss = F.binary_cross_entropy(inner, torch.full((99,), label), reduction="none")
    left.plot(inner, loss, label=f"label {label:.0f}")
for p in (0.2, 0.5, 0.8):
    loss = F.binary_cross_entropy(torch.full((99,), p), inner, reduction="none")
    right.plot(inner, loss, label=f"prediction {p}")
left.set(xlabel="prediction", ylabel="loss")
right.set_xlabel("label")
left.legend()
right.legend()
figure.tight_layout()

# %% setup
from torch.utils.data import DataLoader, TensorDataset  # for all that follows


class ProgressBoard:
    """Keeps a curve for each name, and draws them on one sheet."""

    def __init__(self):
        self.curves: dict[str, list[float]] = {}

    def add(self, name: str, value: float) -> None:
        """One more point on the curve of that name."""
        self.curves.setdefault(name, []).append(value)

    def draw(self, **options) -> None:
        """All curves, one point an epoch."""
        plt.figure(figsize=(6, 2.8))
        for name, values in self.curves.items():
            plt.plot(range(1, len(values) + 1), values, marker=".", label=name)
        plt.gca().set(xlabel="epoch", **options)
        plt.legend()
        plt.tight_layout()


# %% [markdown]
# The cell above gives you a **progress board**: `board.add("training loss", 0.3)` puts one more point on the curve of
# that name, and `board.draw()` draws all the curves.
#
# ### Exercise: a trainer
# difficulty 4/5 · 15 minutes · cards: trainer-parts, clip-between, train-eval-modes
#
# Write `fit`. It may ask the model for
#
# - `model.configure_optimizers()`: an optimiser, made *once*;
# - `model.training_step(batch)` and `model.validation_step(batch)`: the mean loss of one batch, as a tensor;
# - `model.train()` and `model.eval()`, which switch modes,
#
# and the data for `data.train_dataloader()` and `data.val_dataloader()`, whose batches are tuples of tensors. In every
# epoch: train in training mode, one step a batch. If `clip` is a number, limit the norm of all gradients together by
# `nn.utils.clip_grad_norm_(model.parameters(), self.clip)`, at the right moment. Then validate in evaluation mode,
# without recording gradients. At the end of each epoch add the mean over the *batches* of both losses to the board,
# as `"training loss"` and `"validation loss"`.
#
# hint: gradients exist after `backward` and are used by `step`. Clipping belongs between the two.
#
# hint: evaluation mode lasts until somebody switches back, and each epoch ends in it.


# %% solution="Trainer"
class Trainer:
    """Owns the loop: epochs, steps, validation, and what is drawn of them."""

    def __init__(self, max_epochs: int, board, clip: float | None = None):
        self.max_epochs, self.board, self.clip = max_epochs, board, clip

    def fit(self, model, data) -> None:
        """Trains the model in place; both curves of the board grow by one point an epoch."""
        ### BEGIN SOLUTION
        opt = model.configure_optimizers()
        for _ in range(self.max_epochs):
            model.train()
            losses = []
            for batch in data.train_dataloader():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                if self.clip is not None:
                    nn.utils.clip_grad_norm_(model.parameters(), self.clip)
                opt.step()
                losses.append(loss.item())
            self.board.add("training loss", sum(losses) / len(losses))
            model.eval()
            with torch.no_grad():
                losses = [model.validation_step(batch).item() for batch in data.val_dataloader()]
            self.board.add("validation loss", sum(losses) / len(losses))
        ### END SOLUTION


# %% tests="Trainer" points=6
def training(trainer, x, y, w, lr, epochs, clip, momentum):
    """Weight, curves, and what each call met: the kind, training mode, gradients recorded or not."""
    import torch

    calls, curves, made = [], {}, []

    class Model(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = torch.nn.Parameter(w.clone())

        def training_step(self, batch):
            calls.append(("train", self.training, torch.is_grad_enabled()))
            return ((batch[0] @ self.weight - batch[1]) ** 2).mean()

        def validation_step(self, batch):
            calls.append(("valid", self.training, torch.is_grad_enabled()))
            return ((batch[0] @ self.weight - batch[1]) ** 2).mean()

        def configure_optimizers(self):
            made.append(1)
            return torch.optim.SGD(self.parameters(), lr=lr, momentum=momentum)

    class Data:
        def train_dataloader(self):
            return [(x[:3], y[:3]), (x[3:6], y[3:6])]

        def val_dataloader(self):
            return [(x[6:8], y[6:8]), (x[8:], y[8:])]

    class Board:
        def add(self, name, value):
            curves.setdefault(name, []).append(float(value))

    model = Model()
    trainer(epochs, Board(), clip).fit(model, Data())
    return model.weight.detach().clone(), curves, calls, len(made)


def by_formula(x, y, w, lr, epochs, clip, momentum):
    """The same weight and curves, from the formula of the gradient."""
    velocity, curves = torch.zeros_like(w), {"training loss": [], "validation loss": []}
    for _ in range(epochs):
        losses = []
        for part in (slice(0, 3), slice(3, 6)):
            error = x[part] @ w - y[part]
            losses.append(float(error.square().mean()))
            slope = 2 * x[part].T @ error / len(error)
            slope = slope * min(1.0, clip / float(slope.norm())) if clip else slope
            velocity = momentum * velocity + slope
            w = w - lr * velocity
        curves["training loss"].append(sum(losses) / 2)
        losses = [float((x[part] @ w - y[part]).square().mean()) for part in (slice(6, 8), slice(8, None))]
        curves["validation loss"].append(sum(losses) / 2)
    return w, curves


x, y, w = torch.ones(10, 1), torch.zeros(10), torch.ones(1)
with checks.check("one epoch of two steps moves the weight to 0.64", hint="clear, backward, step for each batch"):
    checks.close(checks.there(training, Trainer, x, y, w, 0.1, 1, None, 0.0)[0], [0.64])
with checks.check(
    "a point on both curves in each epoch", hint="two names; of each epoch the mean over all its batches"
):
    got = checks.there(training, Trainer, x, y, w, 0.1, 2, None, 0.0)[1]
    checks.close(got["training loss"], [(1 + 0.8**2) / 2, (0.64**2 + 0.512**2) / 2], rtol=1e-4)
    checks.close(got["validation loss"], [0.64**2, 0.64**4], rtol=1e-4)
### BEGIN HIDDEN TESTS
rng = checks.rng()
x, y, w, lr = rng.tensor(11, 3), rng.tensor(11) + 3, rng.tensor(3), rng.uniform(0.02, 0.06)
with checks.check("several epochs with momentum", hint="one optimiser for all the epochs; clear, backward, step"):
    right_w, right_curves = by_formula(x, y, w, lr, 3, None, 0.8)
    got_w, curves, _, made = checks.there(training, Trainer, x, y, w, lr, 3, None, 0.8)
    checks.close(got_w, right_w, rtol=1e-3, atol=1e-4)
    checks.close(curves["training loss"], right_curves["training loss"], rtol=1e-3)
    checks.close(curves["validation loss"], right_curves["validation loss"], rtol=1e-3)
    checks.equal(made, 1)
with checks.check(
    "clips the gradients that the step uses", points=2, hint="when does a gradient exist, when is it used?"
):
    got_w, curves, _, _ = checks.there(training, Trainer, x, y, w, lr, 3, 0.5, 0.0)
    right_w, _ = by_formula(x, y, w, lr, 3, 0.5, 0.0)
    checks.close(got_w, right_w, rtol=1e-3, atol=1e-4)
with checks.check("right modes, and no gradients in validation", hint="train(), eval() and no_grad() in every epoch"):
    calls = checks.there(training, Trainer, x, y, w, lr, 3, None, 0.0)[2]
    checks.equal([tuple(call) for call in calls], ([("train", True, True)] * 2 + [("valid", False, False)] * 2) * 3)
### END HIDDEN TESTS


# %% right="Trainer: methods of its own, clears after the step"
class Trainer:
    def __init__(self, max_epochs, board, clip=None):
        self.max_epochs, self.board, self.clip = max_epochs, board, clip

    def fit(self, model, data):
        self.model, self.data = model, data
        self.opt = model.configure_optimizers()
        for _ in range(self.max_epochs):
            self.board.add("training loss", self.train_epoch())
            self.board.add("validation loss", self.valid_epoch())

    def train_epoch(self):
        self.model.train()
        total, batches = 0.0, 0
        for batch in self.data.train_dataloader():
            loss = self.model.training_step(batch)
            loss.backward()
            if self.clip:
                torch.nn.utils.clip_grad_norm_(list(self.model.parameters()), max_norm=self.clip)
            self.opt.step()
            self.opt.zero_grad()
            total, batches = total + loss.item(), batches + 1
        return total / batches

    @torch.no_grad()
    def valid_epoch(self):
        self.model.eval()
        return torch.stack([self.model.validation_step(batch) for batch in self.data.val_dataloader()]).mean()


# %% right="Trainer: clips by hand, tensors as means"
class Trainer:
    def __init__(self, max_epochs, board, clip=None):
        self.max_epochs, self.board, self.clip = max_epochs, board, clip

    def fit(self, model, data):
        opt = model.configure_optimizers()
        for _ in range(1, self.max_epochs + 1):
            model.train(True)
            losses = []
            for batch in data.train_dataloader():
                opt.zero_grad()
                losses.append(model.training_step(batch))
                losses[-1].backward()
                if self.clip is not None:
                    norm = sum(p.grad.square().sum() for p in model.parameters()).sqrt()
                    if norm > self.clip:
                        for p in model.parameters():
                            p.grad *= self.clip / norm
                opt.step()
            self.board.add("training loss", torch.stack(losses).detach().mean().item())
            model.train(False)
            with torch.inference_mode():
                values = [float(model.validation_step(batch)) for batch in data.val_dataloader()]
            self.board.add("validation loss", sum(values) / len(values))


# %% right="Trainer: len(loader), loaders made once"
class Trainer:
    def __init__(self, max_epochs, board, clip=None):
        self.max_epochs, self.board, self.clip = max_epochs, board, clip

    def fit(self, model, data):
        opt = model.configure_optimizers()
        train, valid = data.train_dataloader(), data.val_dataloader()
        for _epoch in range(self.max_epochs):
            model.train()
            total = 0
            for _i, batch in enumerate(train):
                opt.zero_grad()
                loss = model.training_step(batch)
                loss.backward()
                if self.clip is not None:
                    nn.utils.clip_grad_norm_(model.parameters(), self.clip)
                opt.step()
                total += loss.detach()
            self.board.add("training loss", total / len(train))
            model.eval()
            vtotal = 0
            for batch in valid:
                with torch.no_grad():
                    vtotal += model.validation_step(batch)
            self.board.add("validation loss", vtotal / len(valid))


# %% wrong="Trainer: clips before backward"
class Trainer:
    def __init__(self, max_epochs, board, clip=None):
        self.max_epochs, self.board, self.clip = max_epochs, board, clip

    def fit(self, model, data):
        opt = model.configure_optimizers()
        for _ in range(self.max_epochs):
            model.train()
            losses = []
            for batch in data.train_dataloader():
                loss = model.training_step(batch)
                opt.zero_grad()
                if self.clip is not None:
                    nn.utils.clip_grad_norm_(model.parameters(), self.clip)
                loss.backward()
                opt.step()
                losses.append(loss.item())
            self.board.add("training loss", sum(losses) / len(losses))
            model.eval()
            with torch.no_grad():
                losses = [model.validation_step(batch).item() for batch in data.val_dataloader()]
            self.board.add("validation loss", sum(losses) / len(losses))


# %% wrong="Trainer: a new optimiser in every epoch"
class Trainer:
    def __init__(self, max_epochs, board, clip=None):
        self.max_epochs, self.board, self.clip = max_epochs, board, clip

    def fit(self, model, data):
        for _ in range(self.max_epochs):
            opt = model.configure_optimizers()
            model.train()
            losses = []
            for batch in data.train_dataloader():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                if self.clip is not None:
                    nn.utils.clip_grad_norm_(model.parameters(), self.clip)
                opt.step()
                losses.append(loss.item())
            self.board.add("training loss", sum(losses) / len(losses))
            model.eval()
            with torch.no_grad():
                losses = [model.validation_step(batch).item() for batch in data.val_dataloader()]
            self.board.add("validation loss", sum(losses) / len(losses))


# %% wrong="Trainer: stays in evaluation mode"
class Trainer:
    def __init__(self, max_epochs, board, clip=None):
        self.max_epochs, self.board, self.clip = max_epochs, board, clip

    def fit(self, model, data):
        opt = model.configure_optimizers()
        model.train()
        for _ in range(self.max_epochs):
            losses = []
            for batch in data.train_dataloader():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                if self.clip is not None:
                    nn.utils.clip_grad_norm_(model.parameters(), self.clip)
                opt.step()
                losses.append(loss.item())
            self.board.add("training loss", sum(losses) / len(losses))
            model.eval()
            with torch.no_grad():
                losses = [model.validation_step(batch).item() for batch in data.val_dataloader()]
            self.board.add("validation loss", sum(losses) / len(losses))


# %% wrong="Trainer: records gradients while validating, keeps only the last loss"
class Trainer:
    def __init__(self, max_epochs, board, clip=None):
        self.max_epochs, self.board, self.clip = max_epochs, board, clip

    def fit(self, model, data):
        opt = model.configure_optimizers()
        for _ in range(self.max_epochs):
            model.train()
            for batch in data.train_dataloader():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                if self.clip is not None:
                    nn.utils.clip_grad_norm_(model.parameters(), self.clip)
                opt.step()
            self.board.add("training loss", loss.item())
            model.eval()
            for batch in data.val_dataloader():
                loss = model.validation_step(batch)
            self.board.add("validation loss", loss.item())


# %% wrong="Trainer: never clears the gradients"
class Trainer:
    def __init__(self, max_epochs, board, clip=None):
        self.max_epochs, self.board, self.clip = max_epochs, board, clip

    def fit(self, model, data):
        opt = model.configure_optimizers()
        for _ in range(self.max_epochs):
            model.train()
            losses = []
            for batch in data.train_dataloader():
                loss = model.training_step(batch)
                loss.backward()
                if self.clip is not None:
                    nn.utils.clip_grad_norm_(model.parameters(), self.clip)
                opt.step()
                losses.append(loss.item())
            self.board.add("training loss", sum(losses) / len(losses))
            model.eval()
            with torch.no_grad():
                losses = [model.validation_step(batch).item() for batch in data.val_dataloader()]
            self.board.add("validation loss", sum(losses) / len(losses))


# %% [markdown]
# Put the parts together. The module below is a straight line for the flats, the data module splits them into 160 for
# training and 40 for validation. Nothing in the trainer knows about rents. **Predict:** noise of standard deviation
# 1.5 was put into the rents. Below which loss can no straight line come?


# %%
class LinearRegression(nn.Module, Settings):
    def __init__(self, features: int, lr: float):
        super().__init__()
        self.save_hyperparameters()
        self.layer = nn.Linear(features, 1)

    def training_step(self, batch):
        x, y = batch
        return F.mse_loss(self.layer(x)[:, 0], y)

    def validation_step(self, batch):
        return self.training_step(batch)

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
# About $1.5^2 = 2.25$, the variance of the noise. In ten epochs of ten steps the walk has come as near as the formula
# did, and it will keep jittering there, because every batch has a slightly different bottom. More about that jitter in
# section 6.


# %% [markdown]
# ## 4 · Steps with a memory
#
# Plain SGD forgets everything after each step. In a narrow valley that is a pity: the zigzag across the valley would
# cancel if it were averaged, and the slow drift along it would add up. So keep a memory for each parameter. PyTorch's
# optimisers all have the same skeleton, and here it is. You will only write `update`, once for each optimiser.


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


def path(make, options, starts, gradients):
    """Where parameters are after each step, if they meet these gradients one after another (None: no gradient)."""
    params = [start.clone().requires_grad_() for start in starts]
    opt = make(params, **options)
    places = []
    for row in gradients:
        for p, g in zip(params, row, strict=True):
            p.grad = None if g is None else g.clone()
        opt.step()
        places.append([p.detach().clone() for p in params])
    return places


# %% [markdown]
# ### Exercise: momentum
# difficulty 3/5 · 10 minutes · cards: momentum, nesterov
#
# Think of a heavy ball. Its **velocity** $v$ starts at zero. In every step a share $\mu$ of the old velocity is kept,
# the gradient is added, and the ball moves by the velocity.
#
# $$v \leftarrow \mu v + g \qquad\qquad p \leftarrow p - \eta v$$
#
# **Nesterov**'s version looks one step ahead. In the form that PyTorch uses, the velocity is updated in the same way,
# but the parameter then moves by $g + \mu v$ with the *new* $v$. Write `update` for both. `self.lr`, `self.momentum`
# and `self.nesterov` hold the settings. Change `p` in place, and keep the velocity in `memory`.
#
# hint: at the first call `memory` is an empty dictionary. `memory.get("velocity", 0)` gives 0 while the key is missing.


# %% solution="Momentum"
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


# %% tests="Momentum" points=4
one = torch.ones(1)
with checks.check(
    "two gradients of 1: the second step is 1.5 times as long",
    hint="half the old velocity, plus g; and p itself has to change",
):
    got = checks.there(path, Momentum, {"lr": 0.1, "momentum": 0.5}, [torch.zeros(1)], [[one], [one]])
    checks.close(torch.stack([step[0] for step in got]), [[-0.1], [-0.25]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
starts = [rng.tensor(3, dtype=torch.float64), rng.tensor(2, 2, dtype=torch.float64)]
gradients = [[rng.tensor(*start.shape, dtype=torch.float64) for start in starts] for _ in range(5)]
gradients[2][1] = None
lr, momentum = rng.uniform(0.1, 0.5), rng.uniform(0.3, 0.8)
for_torch = {"lr": lr, "momentum": momentum}
with checks.check("like torch.optim.SGD, step by step", hint="is there a velocity for each parameter?"):
    got, right = (
        checks.there(path, Momentum, for_torch, starts, gradients),
        path(torch.optim.SGD, for_torch, starts, gradients),
    )
    for step, (ours, theirs) in enumerate(zip(got, right, strict=True)):
        for a, b in zip(ours, theirs, strict=True):
            checks.close(a, b, rtol=1e-4, atol=1e-5, what=f"after step {step + 1}")
with checks.check("with Nesterov's look ahead", points=2, hint="the new velocity, once more shortened, plus g"):
    options = {**for_torch, "nesterov": True}
    got, right = (
        checks.there(path, Momentum, options, starts, gradients),
        path(torch.optim.SGD, options, starts, gradients),
    )
    for step, (ours, theirs) in enumerate(zip(got, right, strict=True)):
        for a, b in zip(ours, theirs, strict=True):
            checks.close(a, b, rtol=1e-4, atol=1e-5, what=f"after step {step + 1}")
### END HIDDEN TESTS


# %% right="Momentum: a buffer that is changed in place"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        if "v" not in memory:
            memory["v"] = torch.zeros_like(p)
        v = memory["v"]
        v.mul_(self.momentum).add_(g)
        if self.nesterov:
            p.add_(g + self.momentum * v, alpha=-self.lr)
        else:
            p.add_(v, alpha=-self.lr)


# %% right="Momentum: the learning rate at the end, through .data"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        v = g.clone() if memory.get("v") is None else memory["v"] * self.momentum + g
        memory["v"] = v
        step = v if not self.nesterov else v * self.momentum + g
        p.data = p.data - step * self.lr


# %% right="Momentum: single precision buffer"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        v = memory.setdefault("v", torch.zeros(p.shape))
        v *= self.momentum
        v += g
        p.sub_(self.lr * (g + self.momentum * v) if self.nesterov else self.lr * v)


# %% wrong="Momentum: a running average"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        velocity = self.momentum * memory.get("velocity", 0) + (1 - self.momentum) * g
        memory["velocity"] = velocity
        p -= self.lr * (g + self.momentum * velocity if self.nesterov else velocity)


# %% wrong="Momentum: Nesterov with the old velocity"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        old = memory.get("velocity", 0)
        velocity = self.momentum * old + g
        memory["velocity"] = velocity
        p -= self.lr * (g + self.momentum * old if self.nesterov else velocity)


# %% wrong="Momentum: one velocity for all"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False
    velocity = 0

    def update(self, p, g, memory):
        self.velocity = self.momentum * self.velocity + g.mean()
        p -= self.lr * (g + self.momentum * self.velocity if self.nesterov else self.velocity)


# %% wrong="Momentum: remembers nothing"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        velocity = self.momentum * memory.get("velocity", 0) + g
        p -= self.lr * (g + self.momentum * velocity if self.nesterov else velocity)


# %% wrong="Momentum: Nesterov forgotten"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        memory["velocity"] = self.momentum * memory.get("velocity", 0) + g
        p -= self.lr * memory["velocity"]


# %% wrong="Momentum: a new tensor instead of in place"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        velocity = self.momentum * memory.get("velocity", 0) + g
        memory["velocity"] = velocity
        p = p - self.lr * (g + self.momentum * velocity if self.nesterov else velocity)


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


def draw_walks(walks):
    """The walks, by name, on one map each."""
    figure, axes = plt.subplots(1, len(walks), figsize=(3.4 * len(walks), 2.8), sharey=True)
    for axis, (name, places) in zip(axes, walks.items(), strict=True):
        axis.contour(along, across, (along**2 + 12 * across**2) / 2, 12, cmap="Greys")
        axis.plot(*places.T, "o-", color="tab:red", markersize=3, linewidth=1)
        axis.set(title=f"{name}: {places[-1].norm():.3f} away", xlim=(-3, 3), ylim=(-1.2, 1.2))
    figure.tight_layout()


draw_walks(
    {
        "plain": valley_walk(SGD, lr=0.03),
        "momentum 0.8": valley_walk(Momentum, lr=0.03, momentum=0.8),
        "Nesterov 0.8": valley_walk(Momentum, lr=0.03, momentum=0.8, nesterov=True),
    }
)

# %% [markdown]
# The ball overshoots and comes back, and still it arrives earlier. When all the gradients point the same way, the
# velocity grows towards $g\,(1 + \mu + \mu^2 + \dots) = g/(1-\mu)$. With $\mu = 0.9$ a step becomes up to ten times as
# long. Whoever adds momentum should therefore try a smaller learning rate. Nesterov's ball feels the slope ahead
# and brakes in time.
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


# %% solution="RMSProp"
class AdaGrad(Optimiser):
    """Divides by the root of the sum of all squared gradients so far."""

    eps = 1e-10

    def update(self, p, g, memory):
        """Changes p in place, and the sum in its memory."""
        memory["s"] = memory.get("s", 0) + g**2  # ? memory.get("s", 0) | g**2
        p -= self.lr * g / (memory["s"].sqrt() + self.eps)  # ? sqrt() | self.eps


class RMSProp(Optimiser):
    """Divides by the root of a moving average of the squared gradients."""

    alpha = 0.99
    eps = 1e-8

    def update(self, p, g, memory):
        """Changes p in place, and the average in its memory."""
        memory["s"] = self.alpha * memory.get("s", 0) + (1 - self.alpha) * g**2  # ? self.alpha@1 | (1 - self.alpha)
        p -= self.lr * g / (memory["s"].sqrt() + self.eps)  # ? self.lr | g / (memory["s"].sqrt() + self.eps)


# %% tests="RMSProp" points=4
three = torch.tensor([3.0])
with checks.check("AdaGrad's first step is as long as the learning rate", hint="3 divided by the root of its square"):
    got = checks.there(path, AdaGrad, {"lr": 0.1, "eps": 0.0}, [torch.zeros(1)], [[three], [three]])
    checks.close(torch.stack([step[0] for step in got]), [[-0.1], [-0.1 - 0.1 / 2**0.5]])
with checks.check("RMSProp's first step, with a quarter of the square", hint="1 - 0.75 of the squared gradient"):
    got = checks.there(path, RMSProp, {"lr": 0.1, "alpha": 0.75, "eps": 0.0}, [torch.zeros(1)], [[three]])
    checks.close(got[0][0], [-0.2])
### BEGIN HIDDEN TESTS
rng = checks.rng()
starts = [rng.tensor(3, dtype=torch.float64), rng.tensor(2, 2, dtype=torch.float64)]
gradients = [[rng.tensor(*start.shape, dtype=torch.float64) for start in starts] for _ in range(5)]
gradients[1][0] = None
lr, eps, alpha = rng.uniform(0.1, 0.5), rng.uniform(0.1, 0.5), rng.uniform(0.6, 0.9)
with checks.check("AdaGrad like torch.optim.Adagrad", hint="a sum that only grows; eps stands outside the root"):
    options = {"lr": lr, "eps": eps}
    got, right = (
        checks.there(path, AdaGrad, options, starts, gradients),
        path(torch.optim.Adagrad, options, starts, gradients),
    )
    for step, (ours, theirs) in enumerate(zip(got, right, strict=True)):
        for a, b in zip(ours, theirs, strict=True):
            checks.close(a, b, rtol=1e-4, atol=1e-5, what=f"after step {step + 1}")
with checks.check("RMSProp like torch.optim.RMSprop", hint="the two shares of an average add up to one"):
    options = {"lr": lr, "eps": eps, "alpha": alpha}
    got, right = (
        checks.there(path, RMSProp, options, starts, gradients),
        path(torch.optim.RMSprop, options, starts, gradients),
    )
    for step, (ours, theirs) in enumerate(zip(got, right, strict=True)):
        for a, b in zip(ours, theirs, strict=True):
            checks.close(a, b, rtol=1e-4, atol=1e-5, what=f"after step {step + 1}")
### END HIDDEN TESTS


# %% right="RMSProp: buffers in place"
class AdaGrad(Optimiser):
    eps = 1e-10

    def update(self, p, g, memory):
        total = memory.setdefault("total", torch.zeros_like(p))
        total.addcmul_(g, g)
        p.addcdiv_(g, total.sqrt().add_(self.eps), value=-self.lr)


class RMSProp(Optimiser):
    alpha = 0.99
    eps = 1e-8

    def update(self, p, g, memory):
        square = memory.setdefault("square", torch.zeros_like(p))
        square.mul_(self.alpha).addcmul_(g, g, value=1 - self.alpha)
        p.addcdiv_(g, square.sqrt().add_(self.eps), value=-self.lr)


# %% right="RMSProp: interpolates, keeps the list of squares"
class AdaGrad(Optimiser):
    eps = 1e-10

    def update(self, p, g, memory):
        memory.setdefault("squares", []).append(g.square())
        p.sub_(self.lr * g / (torch.stack(memory["squares"]).sum(0) ** 0.5 + self.eps))


class RMSProp(Optimiser):
    alpha = 0.99
    eps = 1e-8

    def update(self, p, g, memory):
        memory["s"] = torch.lerp(g * g, memory.get("s", torch.zeros_like(g)), self.alpha)
        p.sub_(self.lr * g / (torch.sqrt(memory["s"]) + self.eps))


# %% right="RMSProp: loops over numbers"
class AdaGrad(Optimiser):
    eps = 1e-10

    def update(self, p, g, memory):
        s = memory.setdefault("s", [0.0] * p.numel())
        flat, gs = p.view(-1), g.reshape(-1)
        for i in range(p.numel()):
            s[i] += float(gs[i]) ** 2
            flat[i] -= self.lr * float(gs[i]) / (s[i] ** 0.5 + self.eps)


class RMSProp(Optimiser):
    alpha = 0.99
    eps = 1e-8

    def update(self, p, g, memory):
        old = memory.get("mean square")
        new = (1 - self.alpha) * g.pow(2) if old is None else old + (1 - self.alpha) * (g.pow(2) - old)
        memory["mean square"] = new
        p.add_(-self.lr * g.div(new.pow(0.5).add(self.eps)))


# %% wrong="RMSProp: eps under the root"
class AdaGrad(Optimiser):
    eps = 1e-10

    def update(self, p, g, memory):
        memory["s"] = memory.get("s", 0) + g**2
        p -= self.lr * g / (memory["s"] + self.eps).sqrt()


class RMSProp(Optimiser):
    alpha = 0.99
    eps = 1e-8

    def update(self, p, g, memory):
        memory["s"] = self.alpha * memory.get("s", 0) + (1 - self.alpha) * g**2
        p -= self.lr * g / (memory["s"] + self.eps).sqrt()


# %% wrong="RMSProp: no root"
class AdaGrad(Optimiser):
    eps = 1e-10

    def update(self, p, g, memory):
        memory["s"] = memory.get("s", 0) + g**2
        p -= self.lr * g / (memory["s"] + self.eps)


class RMSProp(Optimiser):
    alpha = 0.99
    eps = 1e-8

    def update(self, p, g, memory):
        memory["s"] = self.alpha * memory.get("s", 0) + (1 - self.alpha) * g**2
        p -= self.lr * g / (memory["s"] + self.eps)


# %% wrong="RMSProp: the shares swapped"
class AdaGrad(Optimiser):
    eps = 1e-10

    def update(self, p, g, memory):
        memory["s"] = memory.get("s", 0) + g**2
        p -= self.lr * g / (memory["s"].sqrt() + self.eps)


class RMSProp(Optimiser):
    alpha = 0.99
    eps = 1e-8

    def update(self, p, g, memory):
        memory["s"] = (1 - self.alpha) * memory.get("s", 0) + self.alpha * g**2
        p -= self.lr * g / (memory["s"].sqrt() + self.eps)


# %% wrong="RMSProp: AdaGrad forgets the sum"
class AdaGrad(Optimiser):
    eps = 1e-10

    def update(self, p, g, memory):
        memory["s"] = g**2
        p -= self.lr * g / (memory["s"].sqrt() + self.eps)


class RMSProp(Optimiser):
    alpha = 0.99
    eps = 1e-8

    def update(self, p, g, memory):
        memory["s"] = self.alpha * memory.get("s", 0) + (1 - self.alpha) * g**2
        p -= self.lr * g / (memory["s"].sqrt() + self.eps)


# %% wrong="RMSProp: averages the gradient, not its square"
class AdaGrad(Optimiser):
    eps = 1e-10

    def update(self, p, g, memory):
        memory["s"] = memory.get("s", 0) + g.abs()
        p -= self.lr * g / (memory["s"] + self.eps)


class RMSProp(Optimiser):
    alpha = 0.99
    eps = 1e-8

    def update(self, p, g, memory):
        memory["s"] = self.alpha * memory.get("s", 0) + (1 - self.alpha) * g.abs()
        p -= self.lr * g / (memory["s"] + self.eps)


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
# learning rate. But look at its beginning. Its average starts at 0, so it underestimates the squares, and the first
# steps are ten times too long: $1/\sqrt{1-0.99} = 10$.
#
# **Adam** ("adaptive moments") puts everything together. It averages the gradients, like momentum. It averages their
# squares, like RMSProp. And it repairs the beginning, by dividing each average by the share of it that is real so far.
# With $t = 1$ at the first step:
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


# %% solution="Adam"
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
with checks.check(
    "the first step is as long as the learning rate, whatever the gradient", hint="what are the hats for?"
):
    got = checks.there(path, Adam, {"lr": 0.1}, [torch.ones(2)], [[torch.tensor([0.02, -50.0])]])
    checks.close(got[0][0], [0.9, 1.1], rtol=1e-4)
with checks.check("weight decay alone shrinks the weights", hint="shrink p before the step"):
    got = checks.there(path, Adam, {"lr": 0.1, "weight_decay": 0.5}, [torch.tensor([2.0])], [[torch.zeros(1)]])
    checks.close(got[0][0], [1.9])
### BEGIN HIDDEN TESTS
rng = checks.rng()
starts = [rng.tensor(3, dtype=torch.float64), rng.tensor(2, 2, dtype=torch.float64)]
gradients = [[rng.tensor(*start.shape, dtype=torch.float64) for start in starts] for _ in range(6)]
gradients[1][0] = None
options = {
    "lr": rng.uniform(0.1, 0.5),
    "betas": (rng.uniform(0.5, 0.8), rng.uniform(0.6, 0.9)),
    "eps": rng.uniform(0.1, 0.5),
}
with checks.check("like torch.optim.Adam, step by step", points=2, hint="t counts from 1; eps stands outside the root"):
    got, right = (
        checks.there(path, Adam, options, starts, gradients),
        path(torch.optim.Adam, options, starts, gradients),
    )
    for step, (ours, theirs) in enumerate(zip(got, right, strict=True)):
        for a, b in zip(ours, theirs, strict=True):
            checks.close(a, b, rtol=1e-4, atol=1e-5, what=f"after step {step + 1}")
with checks.check("with the usual settings", hint="read the settings from self, not from the formulas"):
    got, right = (
        checks.there(path, Adam, {"lr": 0.01}, starts, gradients),
        path(torch.optim.Adam, {"lr": 0.01}, starts, gradients),
    )
    for a, b in zip(got[-1], right[-1], strict=True):
        checks.close(a, b, rtol=1e-5)
with checks.check(
    "like torch.optim.AdamW, step by step", hint="decay is in proportion to lr, and stays out of m and v"
):
    options["weight_decay"] = rng.uniform(0.3, 0.9)
    got, right = (
        checks.there(path, Adam, options, starts, gradients),
        path(torch.optim.AdamW, options, starts, gradients),
    )
    for step, (ours, theirs) in enumerate(zip(got, right, strict=True)):
        for a, b in zip(ours, theirs, strict=True):
            checks.close(a, b, rtol=1e-4, atol=1e-5, what=f"after step {step + 1}")
### END HIDDEN TESTS


# %% right="Adam: the correction folded into the step size, buffers in place"
class Adam(Optimiser):
    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0

    def update(self, p, g, memory):
        if not memory:
            memory.update(t=0, m=torch.zeros_like(p), v=torch.zeros_like(p))
        memory["t"] += 1
        m, v, t = memory["m"], memory["v"], memory["t"]
        m.lerp_(g, 1 - self.betas[0])
        v.mul_(self.betas[1]).addcmul_(g, g, value=1 - self.betas[1])
        if self.weight_decay:
            p.mul_(1 - self.lr * self.weight_decay)
        root = v.sqrt() / math.sqrt(1 - self.betas[1] ** t) + self.eps
        p.addcdiv_(m, root, value=-self.lr / (1 - self.betas[0] ** t))


# %% right="Adam: decay and step in one line, from the same p"
class Adam(Optimiser):
    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0

    def update(self, p, g, memory):
        b1, b2 = self.betas
        memory["steps"] = memory.get("steps", 0) + 1
        memory["mean"] = memory.get("mean", torch.zeros_like(g)) * b1 + g * (1 - b1)
        memory["square"] = memory.get("square", torch.zeros_like(g)) * b2 + g * g * (1 - b2)
        mean = memory["mean"] / (1 - b1 ** memory["steps"])
        square = memory["square"] / (1 - b2 ** memory["steps"])
        p.sub_(self.lr * (mean / (torch.sqrt(square) + self.eps) + self.weight_decay * p))


# %% right="Adam: single precision, t as a list length"
class Adam(Optimiser):
    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0

    def update(self, p, g, memory):
        beta1, beta2 = self.betas
        log = memory.setdefault("log", [])
        log.append(g.float())
        t = len(log)
        m = sum((1 - beta1) * beta1 ** (t - 1 - i) * x for i, x in enumerate(log)) / (1 - beta1**t)
        v = sum((1 - beta2) * beta2 ** (t - 1 - i) * x**2 for i, x in enumerate(log)) / (1 - beta2**t)
        p.mul_(1 - self.lr * self.weight_decay).sub_(self.lr * m / (v.sqrt() + self.eps))


# %% wrong="Adam: no bias correction"
class Adam(Optimiser):
    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0

    def update(self, p, g, memory):
        b1, b2 = self.betas
        memory["m"] = b1 * memory.get("m", 0) + (1 - b1) * g
        memory["v"] = b2 * memory.get("v", 0) + (1 - b2) * g**2
        p *= 1 - self.lr * self.weight_decay
        p -= self.lr * memory["m"] / (memory["v"].sqrt() + self.eps)


# %% wrong="Adam: the decay in the gradient, as in L2"
class Adam(Optimiser):
    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0

    def update(self, p, g, memory):
        b1, b2 = self.betas
        g = g + self.weight_decay * p
        t = memory.get("t", 0) + 1
        m = b1 * memory.get("m", 0) + (1 - b1) * g
        v = b2 * memory.get("v", 0) + (1 - b2) * g**2
        memory.update(t=t, m=m, v=v)
        p -= self.lr * m / (1 - b1**t) / ((v / (1 - b2**t)).sqrt() + self.eps)


# %% wrong="Adam: stores the corrected averages"
class Adam(Optimiser):
    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0

    def update(self, p, g, memory):
        b1, b2 = self.betas
        t = memory.get("t", 0) + 1
        m = (b1 * memory.get("m", 0) + (1 - b1) * g) / (1 - b1**t)
        v = (b2 * memory.get("v", 0) + (1 - b2) * g**2) / (1 - b2**t)
        memory.update(t=t, m=m, v=v)
        p *= 1 - self.lr * self.weight_decay
        p -= self.lr * m / (v.sqrt() + self.eps)


# %% wrong="Adam: t stays 1"
class Adam(Optimiser):
    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0

    def update(self, p, g, memory):
        b1, b2 = self.betas
        t = memory.get("t", 0) + 1
        m = b1 * memory.get("m", 0) + (1 - b1) * g
        v = b2 * memory.get("v", 0) + (1 - b2) * g**2
        memory.update(m=m, v=v)
        p *= 1 - self.lr * self.weight_decay
        p -= self.lr * m / (1 - b1**t) / ((v / (1 - b2**t)).sqrt() + self.eps)


# %% wrong="Adam: one clock for all parameters"
class Adam(Optimiser):
    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0
    t = 0

    def update(self, p, g, memory):
        b1, b2 = self.betas
        self.t += 1
        m = b1 * memory.get("m", 0) + (1 - b1) * g
        v = b2 * memory.get("v", 0) + (1 - b2) * g**2
        memory.update(m=m, v=v)
        p *= 1 - self.lr * self.weight_decay
        p -= self.lr * m / (1 - b1**self.t) / ((v / (1 - b2**self.t)).sqrt() + self.eps)


# %% wrong="Adam: decay without the learning rate"
class Adam(Optimiser):
    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0

    def update(self, p, g, memory):
        b1, b2 = self.betas
        t = memory.get("t", 0) + 1
        m = b1 * memory.get("m", 0) + (1 - b1) * g
        v = b2 * memory.get("v", 0) + (1 - b2) * g**2
        memory.update(t=t, m=m, v=v)
        p *= 1 - self.weight_decay
        p -= self.lr * m / (1 - b1**t) / ((v / (1 - b2**t)).sqrt() + self.eps)


# %% [markdown]
# The same valley once more, now with paces. **Predict:** which of them walks straight, as if the valley were round?

# %%
draw_walks(
    {
        "AdaGrad": valley_walk(AdaGrad, lr=0.5),
        "RMSProp": valley_walk(RMSProp, lr=0.1, alpha=0.9),
        "Adam": valley_walk(Adam, lr=0.2),
    }
)

# %% [markdown]
# AdaGrad and RMSProp go down diagonally at first, with steps of the same length in both directions: the steepness has
# cancelled. Adam also has a velocity, so it swings past the bottom and comes back.
#
# How much does the bias correction matter, and for how long? The factors $1/(1-\beta^t)$ fade to 1. With the usual
# settings of PyTorch, `lr=0.001`, `betas=(0.9, 0.999)`, `eps=1e-8`, the first average is repaired after some twenty
# steps, the second one only after some thousands.

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
# size of that gradient. **Predict:** two weights begin at 1. One meets loud random gradients, the other faint ones.
# Which of them will Adam's L2 hardly shrink?

# %%
noise = torch.randn(1000, 2, generator=torch.Generator().manual_seed(3)) * torch.tensor([10.0, 0.1])
for name, make in (("Adam with L2", torch.optim.Adam), ("AdamW", torch.optim.AdamW)):
    options = {"lr": 1e-3, "weight_decay": 0.3}
    quiet = path(make, {**options, "weight_decay": 0.0}, [torch.ones(2)], [[g] for g in noise])[-1][0]
    end = path(make, options, [torch.ones(2)], [[g] for g in noise])[-1][0]
    print(f"{name:13} shrinks the loud weight by {quiet[0] - end[0]:.2f}, the faint one by {quiet[1] - end[1]:.2f}")

# %% [markdown]
# With L2 the strength of the decay depends on how loud a weight's gradients are. Decoupled, it is the same for both.
#
# ### Exercise: who should decay?
# difficulty 2/5 · 8 minutes · cards: param-groups, no-decay-vectors
#
# An optimiser accepts a list of **parameter groups** instead of a list of parameters. Each group is a dictionary with
# the key `"params"` and any settings that are to differ. It is common to let only matrices (and filters of
# convolutions) decay, and to spare biases and the scales of normalisation layers. You can tell them by their shape:
# they have one axis only.
#
# Return two groups for all the parameters that require a gradient: first those with two or more axes, with the
# `weight_decay` given, then the others, with a decay of 0. Frozen parameters belong to neither.


# %% solution="decay_groups"
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
    """For each parameter of a small net, the decay that AdamW would use for it; None if it is in no group."""
    import torch
    from torch import nn

    model = nn.Sequential(nn.Conv1d(2, 3, 2), nn.BatchNorm1d(3), nn.Flatten(), nn.Linear(9, 4), nn.LayerNorm(4))
    model.scale = nn.Parameter(torch.tensor(1.0))
    names = {id(p): name for name, p in model.named_parameters()}
    for name, p in model.named_parameters():
        if name in frozen:
            p.requires_grad_(False)
    groups = torch.optim.AdamW(decay_groups(model, weight_decay), lr=0.1, weight_decay=99.0).param_groups
    return {names[id(p)]: float(group["weight_decay"]) for group in groups for p in group["params"]}, len(groups)


with checks.check("the matrix decays, its bias does not", hint="how many axes has a bias?"):
    found, groups = checks.there(decays, decay_groups, 0.1, [])
    checks.close([found["3.weight"], found["3.bias"]], [0.1, 0.0])
    checks.equal(groups, 2)
### BEGIN HIDDEN TESTS
rng = checks.rng()
decay = rng.uniform(0.01, 0.5)
spared = dict.fromkeys(["0.bias", "1.weight", "1.bias", "3.bias", "4.weight", "4.bias", "scale"], 0.0)
with checks.check(
    "filters decay, norm layers do not, and everybody is in one group", hint="go by the axes, not by names"
):
    found, _ = checks.there(decays, decay_groups, decay, [])
    checks.equal(sorted(found), sorted([*spared, "0.weight", "3.weight"]))
    checks.close([found[name] for name in sorted(found)], [0.0 if name in spared else decay for name in sorted(found)])
with checks.check("frozen parameters are in no group", hint="requires_grad says whether a parameter is trained"):
    frozen = [rng.choice(["0.weight", "3.weight"]), rng.choice(["1.bias", "4.weight"])]
    found, _ = checks.there(decays, decay_groups, decay, frozen)
    checks.equal(sorted(found), sorted({*spared, "0.weight", "3.weight"} - set(frozen)))
### END HIDDEN TESTS


# %% right="decay_groups: one loop"
def decay_groups(model, weight_decay):
    groups = [{"params": [], "weight_decay": weight_decay}, {"params": [], "weight_decay": 0}]
    for p in model.parameters():
        if not p.requires_grad:
            continue
        groups[0 if p.dim() > 1 else 1]["params"].append(p)
    return groups


# %% right="decay_groups: by filters over named parameters"
def decay_groups(model, weight_decay):
    named = dict(model.named_parameters())
    matrices = [p for p in named.values() if len(p.shape) > 1 and p.requires_grad]
    vectors = [p for p in named.values() if len(p.shape) <= 1 and p.requires_grad]
    decaying = {"weight_decay": weight_decay, "params": matrices}
    return [decaying, {"weight_decay": 0.0, "params": vectors}]


# %% right="decay_groups: generators and a tuple"
def decay_groups(model, weight_decay):
    many = (p for p in model.parameters() if p.requires_grad and p.dim() > 1)
    few = (p for p in model.parameters() if p.requires_grad and not p.dim() > 1)
    return {"params": many, "weight_decay": weight_decay}, {"params": few, "weight_decay": 0}


# %% wrong="decay_groups: goes by the name bias"
def decay_groups(model, weight_decay):
    named = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
    return [
        {"params": [p for name, p in named if not name.endswith("bias")], "weight_decay": weight_decay},
        {"params": [p for name, p in named if name.endswith("bias")], "weight_decay": 0.0},
    ]


# %% wrong="decay_groups: swapped"
def decay_groups(model, weight_decay):
    trained = [p for p in model.parameters() if p.requires_grad]
    return [
        {"params": [p for p in trained if p.ndim >= 2], "weight_decay": 0.0},
        {"params": [p for p in trained if p.ndim < 2], "weight_decay": weight_decay},
    ]


# %% wrong="decay_groups: keeps frozen parameters"
def decay_groups(model, weight_decay):
    return [
        {"params": [p for p in model.parameters() if p.ndim >= 2], "weight_decay": weight_decay},
        {"params": [p for p in model.parameters() if p.ndim < 2], "weight_decay": 0.0},
    ]


# %% wrong="decay_groups: forgets to say that the others have none"
def decay_groups(model, weight_decay):
    trained = [p for p in model.parameters() if p.requires_grad]
    return [
        {"params": [p for p in trained if p.ndim >= 2], "weight_decay": weight_decay},
        {"params": [p for p in trained if p.ndim < 2]},
    ]


# %% wrong="decay_groups: matrices only, filters spared"
def decay_groups(model, weight_decay):
    trained = [p for p in model.parameters() if p.requires_grad]
    return [
        {"params": [p for p in trained if p.ndim == 2], "weight_decay": weight_decay},
        {"params": [p for p in trained if p.ndim != 2], "weight_decay": 0.0},
    ]


# %% [markdown]
# ## 5 · Slowing down
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
#   the last step, which has number `total - 1`.
#
# hint: the formula of the cosine also works when `lowest` is the *larger* number. Then the wave goes up. So the last
# function can call the third one twice.


# %% solution="schedules"
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


with checks.check("stairs and exponential, by hand", hint="which of them changes at every step?"):
    checks.close([float(step_rate(t, 8.0, 2, 0.5)) for t in range(5)], [8.0, 8.0, 4.0, 4.0, 2.0], rtol=1e-5)
    checks.close([float(exponential_rate(t, 8.0, 0.5)) for t in range(4)], [8.0, 4.0, 2.0, 1.0], rtol=1e-5)
with checks.check("cosine: the ends and the middle", hint="the cosine of 0 is 1, that of π is −1"):
    checks.close([float(cosine_rate(t, 6.0, 10, 2.0)) for t in (0, 5, 10)], [6.0, 4.0, 2.0], rtol=1e-5)
### BEGIN HIDDEN TESTS
from torch.optim import lr_scheduler

rng = checks.rng()
lr, gamma, size = rng.uniform(0.5, 2), rng.uniform(0.5, 0.9), rng.integer(3, 5)
with checks.check("like StepLR", hint="the stairs come after size, 2 size, 3 size ... steps"):
    right = rates_of(lr_scheduler.StepLR, lr, 14, step_size=size, gamma=gamma)
    checks.close([float(step_rate(t, lr, size, gamma)) for t in range(14)], right, rtol=1e-5, atol=1e-6 * lr)
with checks.check("like ExponentialLR", hint="at step 0 nothing has been multiplied yet"):
    right = rates_of(lr_scheduler.ExponentialLR, lr, 8, gamma=gamma)
    checks.close([float(exponential_rate(t, lr, gamma)) for t in range(8)], right, rtol=1e-5, atol=1e-6 * lr)
with checks.check("like CosineAnnealingLR", hint="lowest is where it ends, and 0 unless it is given"):
    total, lowest = rng.integer(7, 12), rng.uniform(0.05, 0.3)
    right = rates_of(lr_scheduler.CosineAnnealingLR, lr, total + 1, T_max=total, eta_min=lowest)
    checks.close([float(cosine_rate(t, lr, total, lowest)) for t in range(total + 1)], right, rtol=1e-5, atol=1e-6 * lr)
    right = rates_of(lr_scheduler.CosineAnnealingLR, lr, total + 1, T_max=total)
    checks.close([float(cosine_rate(t, lr, total)) for t in range(total + 1)], right, rtol=1e-5, atol=1e-6 * lr)
with checks.check("like OneCycleLR", hint="where is the peak, and which number has the last step?"):
    for total in (20, rng.integer(21, 47)):
        right = rates_of(lr_scheduler.OneCycleLR, lr, total, max_lr=lr, total_steps=total, cycle_momentum=False)
        checks.close([float(one_cycle_rate(t, lr, total)) for t in range(total)], right, rtol=1e-5, atol=1e-6 * lr)
### END HIDDEN TESTS


# %% equivalent="schedules: at the peak itself both halves give the top"
# - if t < peak:
# + if t <= peak:


# %% equivalent="schedules: the cosine is the same for both signs"
# - return cosine_rate(t - peak, top, total - 1 - peak, top / 250000)
# + return cosine_rate(peak - t, top, total - 1 - peak, top / 250000)


# %% equivalent="schedules: the cosine is the same for both signs of the length"
# - return cosine_rate(t - peak, top, total - 1 - peak, top / 250000)
# + return cosine_rate(t - peak, top, peak - (total - 1), top / 250000)


# %% equivalent="schedules: four millionths more of almost nothing, below single precision"
# - return cosine_rate(t - peak, top, total - 1 - peak, top / 250000)
# + return cosine_rate(t - peak, top, total - 1 - peak, top / 250001)


# %% equivalent="schedules: four millionths less of almost nothing, below single precision"
# - return cosine_rate(t - peak, top, total - 1 - peak, top / 250000)
# + return cosine_rate(t - peak, top, total - 1 - peak, top / 249999)


# %% right="schedules: loops, and a straight mix of the two ends"
def step_rate(t, lr, size, gamma):
    for _ in range(size, t + 1, size):
        lr *= gamma
    return lr


def exponential_rate(t, lr, gamma):
    for _ in range(t):
        lr = lr * gamma
    return lr


def cosine_rate(t, lr, total, lowest=0.0):
    share = 0.5 - 0.5 * math.cos(math.pi * t / total)
    return (1 - share) * lr + share * lowest


def one_cycle_rate(t, top, total):
    peak = 0.3 * total - 1
    if t <= peak:
        share = 0.5 - 0.5 * math.cos(math.pi * t / peak)
        return top * (1 / 25 + (1 - 1 / 25) * share)
    share = 0.5 + 0.5 * math.cos(math.pi * (t - peak) / (0.7 * total))
    return top * (1 / 250_000 + (1 - 1 / 250_000) * share)


# %% right="schedules: asks torch"
def step_rate(t, lr, size, gamma):
    return lr * math.pow(gamma, math.floor(t / size))


def exponential_rate(t, lr, gamma):
    return lr * math.exp(t * math.log(gamma))


def cosine_rate(t, lr, total, lowest=0.0):
    angle = torch.tensor(math.pi * t / total, dtype=torch.float64)
    return lowest + 0.5 * (lr - lowest) * (1 + torch.cos(angle))


def one_cycle_rate(t, top, total):
    opt = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(opt, top, total_steps=total, cycle_momentum=False)
    for _ in range(t):
        opt.step()
        scheduler.step()
    return scheduler.get_last_lr()[0]


# %% right="schedules: numpy"
import numpy as np


def step_rate(t, lr, size, gamma):
    return lr * np.power(gamma, np.floor_divide(t, size))


def exponential_rate(t, lr, gamma):
    return np.float64(lr) * gamma**t


def cosine_rate(t, lr, total, lowest=0.0):
    return np.cos(np.pi * t / total) * (lr - lowest) / 2 + (lr + lowest) / 2


def one_cycle_rate(t, top, total):
    up = 0.3 * total - 1
    down = total - 1 - up
    if t > up:
        return cosine_rate(t - up, top, down, top / 25 / 10000)
    return cosine_rate(up - t, top, up, top / 25)


# %% wrong="schedules: stairs without stairs"
def step_rate(t, lr, size, gamma):
    return lr * gamma ** (t / size)


def exponential_rate(t, lr, gamma):
    return lr * gamma**t


def cosine_rate(t, lr, total, lowest=0.0):
    return lowest + (lr - lowest) * (1 + math.cos(math.pi * t / total)) / 2


def one_cycle_rate(t, top, total):
    peak = 0.3 * total - 1
    if t < peak:
        return cosine_rate(t, top / 25, peak, top)
    return cosine_rate(t - peak, top, total - 1 - peak, top / 250_000)


# %% wrong="schedules: counts from one"
def step_rate(t, lr, size, gamma):
    return lr * gamma ** ((t + 1) // size)


def exponential_rate(t, lr, gamma):
    return lr * gamma ** (t + 1)


def cosine_rate(t, lr, total, lowest=0.0):
    return lowest + (lr - lowest) * (1 + math.cos(math.pi * t / total)) / 2


def one_cycle_rate(t, top, total):
    peak = 0.3 * total - 1
    if t < peak:
        return cosine_rate(t, top / 25, peak, top)
    return cosine_rate(t - peak, top, total - 1 - peak, top / 250_000)


# %% wrong="schedules: a whole wave"
def step_rate(t, lr, size, gamma):
    return lr * gamma ** (t // size)


def exponential_rate(t, lr, gamma):
    return lr * gamma**t


def cosine_rate(t, lr, total, lowest=0.0):
    return lowest + (lr - lowest) * (1 + math.cos(2 * math.pi * t / total)) / 2


def one_cycle_rate(t, top, total):
    peak = 0.3 * total - 1
    if t < peak:
        return cosine_rate(t, top / 25, peak, top)
    return cosine_rate(t - peak, top, total - 1 - peak, top / 250_000)


# %% wrong="schedules: one cycle that peaks one step late and ends one late"
def step_rate(t, lr, size, gamma):
    return lr * gamma ** (t // size)


def exponential_rate(t, lr, gamma):
    return lr * gamma**t


def cosine_rate(t, lr, total, lowest=0.0):
    return lowest + (lr - lowest) * (1 + math.cos(math.pi * t / total)) / 2


def one_cycle_rate(t, top, total):
    peak = 0.3 * total
    if t < peak:
        return cosine_rate(t, top / 25, peak, top)
    return cosine_rate(t - peak, top, total - peak, top / 250_000)


# %% wrong="schedules: lowest added on top"
def step_rate(t, lr, size, gamma):
    return lr * gamma ** (t // size)


def exponential_rate(t, lr, gamma):
    return lr * gamma**t


def cosine_rate(t, lr, total, lowest=0.0):
    return lowest + lr * (1 + math.cos(math.pi * t / total)) / 2


def one_cycle_rate(t, top, total):
    return cosine_rate(t, top, total - 1, top / 250_000)


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
# PyTorch's schedulers hold on to an optimiser and change its learning rate whenever *their* `step` is called. Two
# clocks tick at once: `opt.step()` after every batch, and `scheduler.step()` after every epoch (for schedules that are
# counted in epochs) or after every batch (for those counted in batches, like one cycle). The optimiser goes first.
#
# ### Exercise: momentum, and stairs
# difficulty 2/5 · 7 minutes · cards: sgd-with-steplr, two-clocks
#
# Train with SGD and a momentum of 0.9. The rate shall be halved after every third *epoch*. Return the rate
# that each epoch was trained with. Fill the blanks.


# %% solution="fit_on_schedule"
def fit_on_schedule(model, loader, loss_func, lr: float, epochs: int) -> list[float]:
    """Trains in place; returns the learning rate of each epoch."""
    from torch.optim import SGD, lr_scheduler  # ? torch.optim | lr_scheduler

    opt = SGD(model.parameters(), lr=lr, momentum=0.9)  # ? SGD | model.parameters() | lr=lr | momentum=0.9
    scheduler = lr_scheduler.StepLR(opt, step_size=3, gamma=0.5)  # ? StepLR | opt | step_size=3 | gamma=0.5
    rates = []
    for _ in range(epochs):
        rates.append(scheduler.get_last_lr()[0])
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()  # ? opt.step()
        scheduler.step()  # ? scheduler.step()
    return rates


# %% tests="fit_on_schedule" points=4
def trained(fit, w, x, y, lr, epochs):
    """The rates, and the weight of a linear model after training on two batches."""
    import torch

    model = torch.nn.Linear(w.shape[1], 1, bias=False)
    model.weight.data = w.clone()
    loader = [(x[:3], y[:3]), (x[3:], y[3:])]
    rates = fit(model, loader, torch.nn.functional.mse_loss, lr, epochs)
    return [float(rate) for rate in rates], model.weight.detach().clone()


with checks.check("four epochs: the rate falls before the fourth", hint="the scheduler ticks once an epoch"):
    rates, _ = checks.there(trained, fit_on_schedule, torch.ones(1, 1), torch.ones(5, 1), torch.ones(5, 1), 0.1, 4)
    checks.close(rates, [0.1, 0.1, 0.1, 0.05])
### BEGIN HIDDEN TESTS
rng = checks.rng()
x, y, w, lr = rng.tensor(7, 3), rng.tensor(7, 1), rng.tensor(1, 3), rng.uniform(0.01, 0.03)
right_w, velocity, right_rates = w, torch.zeros(1, 3), []
for epoch in range(8):
    right_rates.append(lr / 2 ** (epoch // 3))
    for part in (slice(0, 3), slice(3, 7)):
        error = x[part] @ right_w.T - y[part]
        velocity = 0.9 * velocity + 2 * error.T @ x[part] / len(error)
        right_w = right_w - right_rates[-1] * velocity
    if epoch == 1:
        right_early = right_w
with checks.check("eight epochs of stairs", hint="step_size counts what the scheduler counts"):
    checks.close(checks.there(trained, fit_on_schedule, w, x, y, lr, 8)[0], right_rates, rtol=1e-4)
with checks.check(
    "two epochs with momentum", hint="which argument gives SGD a memory, and who steps after each batch?"
):
    checks.close(checks.there(trained, fit_on_schedule, w, x, y, lr, 2)[1], right_early, rtol=1e-3, atol=1e-5)
with checks.check("eight epochs: momentum and stairs together", hint="one optimiser, one scheduler, two clocks"):
    checks.close(checks.there(trained, fit_on_schedule, w, x, y, lr, 8)[1], right_w, rtol=1e-3, atol=1e-5)
### END HIDDEN TESTS


# %% right="fit_on_schedule: writes into the parameter groups"
def fit_on_schedule(model, loader, loss_func, lr, epochs):
    opt = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    rates = []
    for epoch in range(epochs):
        for group in opt.param_groups:
            group["lr"] = lr * 0.5 ** (epoch // 3)
        for xb, yb in loader:
            opt.zero_grad()
            loss_func(model(xb), yb).backward()
            opt.step()
        rates.append(opt.param_groups[0]["lr"])
    return rates


# %% right="fit_on_schedule: by a LambdaLR"
def fit_on_schedule(model, loader, loss_func, lr, epochs):
    opt = torch.optim.SGD(model.parameters(), lr, 0.9)
    scheduler = torch.optim.lr_scheduler.LambdaLR(opt, lambda epoch: 2.0 ** -(epoch // 3))
    rates = []
    for _ in range(epochs):
        rates += scheduler.get_last_lr()
        for batch in loader:
            loss = loss_func(model(batch[0]), batch[1])
            loss.backward()
            opt.step()
            opt.zero_grad()
        scheduler.step()
    return rates


# %% wrong="fit_on_schedule: the scheduler ticks after every batch"
def fit_on_schedule(model, loader, loss_func, lr, epochs):
    opt = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.StepLR(opt, step_size=3, gamma=0.5)
    rates = []
    for _ in range(epochs):
        rates.append(scheduler.get_last_lr()[0])
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            scheduler.step()
    return rates


# %% wrong="fit_on_schedule: no momentum"
def fit_on_schedule(model, loader, loss_func, lr, epochs):
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    scheduler = torch.optim.lr_scheduler.StepLR(opt, step_size=3, gamma=0.5)
    rates = []
    for _ in range(epochs):
        rates.append(scheduler.get_last_lr()[0])
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
        scheduler.step()
    return rates


# %% wrong="fit_on_schedule: ExponentialLR instead of StepLR"
def fit_on_schedule(model, loader, loss_func, lr, epochs):
    opt = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.ExponentialLR(opt, gamma=0.5)
    rates = []
    for _ in range(epochs):
        rates.append(scheduler.get_last_lr()[0])
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
        scheduler.step()
    return rates


# %% wrong="fit_on_schedule: forgets the scheduler's step"
def fit_on_schedule(model, loader, loss_func, lr, epochs):
    opt = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.StepLR(opt, step_size=3, gamma=0.5)
    rates = []
    for _ in range(epochs):
        rates.append(scheduler.get_last_lr()[0])
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
    return rates


# %% wrong="fit_on_schedule: only the scheduler steps"
def fit_on_schedule(model, loader, loss_func, lr, epochs):
    opt = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.StepLR(opt, step_size=3, gamma=0.5)
    rates = []
    for _ in range(epochs):
        rates.append(scheduler.get_last_lr()[0])
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
        scheduler.step()
    return rates


# %% [markdown]
# ## 6 · Noise, and what a batch buys
#
# The gradient of a mini-batch is an estimate. How good is it? Think of the gradients of all n rows as a cloud of
# points. Full-batch descent uses the centre of the cloud. A batch uses the mean of a few points drawn *without
# replacement*. **Predict:** if you take batches four times as large, how much nearer do their means lie?

# %% setup
torch.manual_seed(0)
guess = torch.tensor([4.0, 1.0])
row_gradients = 2 * (flats @ guess + true_b - rents)[:, None] * flats  # one gradient a flat

# %%
figure, axes = plt.subplots(1, 3, figsize=(10, 3), sharex=True, sharey=True)
for axis, size in zip(axes, (1, 4, 16), strict=True):
    means = torch.stack([row_gradients[torch.randperm(200)[:size]].mean(0) for _ in range(300)])
    axis.scatter(*means.T, s=4, alpha=0.5)
    axis.plot(*row_gradients.mean(0), "r+", markersize=14)
    axis.set_title(f"batches of {size}")
figure.tight_layout()

# %% [markdown]
# Half as far: the spread goes with $1/\sqrt B$. To halve the noise of a step you must pay for four times as many rows.
# The exact law for batches of $B$ out of $n$ rows is
#
# $$\mathbb E\,\lVert \bar g_B - \bar g \rVert^2 = \frac{1}{B}\Big(1 - \frac Bn\Big)\; \frac{1}{n-1} \sum_{i=1}^n
# \lVert g_i - \bar g\rVert^2.$$
#
# The bracket says that a batch of all the rows is not noisy at all.
#
# ### Exercise: how noisy is a batch?
# difficulty 2/5 · 8 minutes · cards: batch-noise, four-times-the-batch
#
# Write the law as a function. `gradients` has one row for each row of the data. The test draws *every* possible batch
# and takes the mean.


# %% solution="batch_noise"
def batch_noise(gradients: torch.Tensor, size: int) -> float:
    """The expected squared distance of a batch's mean from the mean of all: (n, parameters) in, a number out."""
    ### BEGIN SOLUTION
    return (gradients.var(dim=0).sum() / size * (1 - size / len(gradients))).item()
    ### END SOLUTION


# %% tests="batch_noise" points=3
def every_batch(gradients, size):
    """The mean squared distance over all batches that there are."""
    batches = [gradients[list(places)].mean(0) for places in itertools.combinations(range(len(gradients)), size)]
    return (torch.stack(batches) - gradients.mean(0)).square().sum(1).mean()


with checks.check("three numbers, batches of two", hint="three batches are possible"):
    three = torch.tensor([[0.0], [3.0], [6.0]])
    checks.close(float(batch_noise(three, 2)), every_batch(three, 2))
### BEGIN HIDDEN TESTS
rng = checks.rng()
gradients = rng.tensor(rng.integer(6, 8), 3, dtype=torch.float64) * 2 + 1
with checks.check("any size, several parameters", hint="n − 1 below the sum; a share of the rows that is drawn"):
    for size in (1, 2, 4):
        checks.close(float(batch_noise(gradients, size)), every_batch(gradients, size), rtol=1e-4, what=f"size {size}")
with checks.check("a batch of all the rows has no noise", hint="what does the bracket become?"):
    checks.close(float(batch_noise(gradients, len(gradients))), 0.0, atol=1e-6)
### END HIDDEN TESTS


# %% right="batch_noise: from the covariance"
def batch_noise(gradients, size):
    n = len(gradients)
    return torch.trace(torch.atleast_2d(torch.cov(gradients.T))) * (n - size) / (n * size)


# %% right="batch_noise: by sums"
def batch_noise(gradients, size):
    n = gradients.shape[0]
    total = sum(float(((row - gradients.mean(0)) ** 2).sum()) for row in gradients)
    return total / (n - 1) / size * (1 - size / n)


# %% right="batch_noise: tries all batches, single precision"
def batch_noise(gradients, size):
    g = gradients.float()
    n = g.shape[0]
    centre = g.mean(dim=0)
    d = [((g[list(i)].mean(0) - centre) ** 2).sum() for i in itertools.combinations(range(n), size)]
    return sum(d) / len(d)


# %% wrong="batch_noise: drawn with replacement"
def batch_noise(gradients, size):
    return (gradients.var(dim=0).sum() / size).item()


# %% wrong="batch_noise: divides by n"
def batch_noise(gradients, size):
    return (gradients.var(dim=0, correction=0).sum() / size * (1 - size / len(gradients))).item()


# %% wrong="batch_noise: the standard deviation"
def batch_noise(gradients, size):
    return (gradients.std(dim=0).sum() / size**0.5 * (1 - size / len(gradients))).item()


# %% wrong="batch_noise: mean over the parameters"
def batch_noise(gradients, size):
    return (gradients.var(dim=0).mean() / size * (1 - size / len(gradients))).item()


# %% wrong="batch_noise: one variance for the whole table"
def batch_noise(gradients, size):
    return (gradients.var() * gradients.shape[1] / size * (1 - size / len(gradients))).item()


# %% [markdown]
# That noise is why SGD with a constant learning rate never comes to rest. **Predict:** three walks on the flats, with
# batches of 2, of 2 with a rate that falls, and of 32. Which comes closest to the bottom?

# %%
bottom = torch.linalg.lstsq(flats, rents - true_b).solution
figure, axis = plt.subplots(figsize=(7, 2.8))
for label, size, falling in (("batches of 2", 2, False), ("of 2, falling rate", 2, True), ("of 32", 32, False)):
    w, away = torch.zeros(2), []
    for step in range(400):
        rows = torch.randint(200, (size,))
        lr = cosine_rate(step, 0.05, 400) if falling else 0.05
        w = w - lr * 2 * (flats[rows] @ w + true_b - rents[rows]) @ flats[rows] / size
        away.append((w - bottom).norm())
    axis.semilogy(away, label=label, linewidth=1)
axis.set(xlabel="step", ylabel="distance from the bottom")
axis.legend()
figure.tight_layout()

# %% [markdown]
# All three fall equally fast at first, so the large batches have bought nothing there. Then each jitters at its own
# height. A falling rate calms the small batches down to where the large ones are, at a sixteenth of the price.


# %% [markdown]
# ## 7 · The race
#
# Enough of flats. Here are the digits of the course, 4,000 to train on and 1,000 to validate with, and a network with
# one hidden layer of a hundred ReLUs. Everything comes together now.

# %% setup
digits = data.digits()
train_dl = DataLoader(TensorDataset(digits.train_x.flatten(1), digits.train_y), batch_size=64, shuffle=True)
valid_dl = DataLoader(TensorDataset(digits.valid_x.flatten(1), digits.valid_y), batch_size=300)
reached: dict[str, float] = {}  # validation accuracy of each method, for the table at the end


def digit_net(seed=0):
    """The network of the race, always from the same start."""
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(784, 100), nn.ReLU(), nn.Linear(100, 10))


# %% [markdown]
# ### Exercise: train and evaluate
# difficulty 3/5 · 12 minutes · cards: import-cross-entropy, training-loop, evaluation-loop, weigh-the-last-batch
#
# These two functions stand in some form in every project.
#
# - `train_model` uses Adam and the cross-entropy, shows a bar with `tqdm` that counts the epochs, and returns the mean
#   loss of every epoch over all *rows*. The last batch may be smaller, so a batch's mean loss is weighed by its rows.
# - `evaluate` returns the mean loss and the share of right answers over all rows, without recording gradients. The
#   class that gets the highest score is the answer.


# %% solution="train_model"
def train_model(model, loader, epochs: int, lr: float) -> list[float]:
    """Trains in place with Adam; returns the mean loss of each epoch."""
    from torch.nn import CrossEntropyLoss  # ? torch.nn | CrossEntropyLoss

    loss_func = CrossEntropyLoss()
    opt = torch.optim.Adam(model.parameters(), lr=lr)  # ? Adam | model.parameters()
    history = []
    for _ in tqdm(range(epochs)):  # ? tqdm
        model.train()  # ? train()
        total = 0.0
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)  # ? model(xb), yb
            opt.zero_grad()  # ? opt.zero_grad()
            loss.backward()  # ? loss.backward()
            opt.step()  # ? opt.step()
            total += loss.item() * len(xb)  # ? loss.item() | len(xb)
        history.append(total / len(loader.dataset))  # ? len(loader.dataset)
    return history


def evaluate(model, loader) -> tuple[float, float]:
    """The mean cross-entropy and the accuracy over all rows of the loader."""
    model.eval()  # ? eval()
    total, right = 0.0, 0
    with torch.no_grad():  # ? torch.no_grad()
        for xb, yb in loader:
            scores = model(xb)
            total += F.cross_entropy(scores, yb, reduction="sum").item()  # ? cross_entropy | "sum"
            right += (scores.argmax(dim=1) == yb).sum().item()  # ? argmax(dim=1) | sum()
    rows = len(loader.dataset)
    return total / rows, right / rows


# %% tests="train_model" points=6
def training(train, w, x, y, epochs, lr):
    """The history, the weight after training, and the modes in which the model met its batches."""
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    model = torch.nn.Linear(w.shape[1], len(w), bias=False)
    model.weight.data, modes = w.clone(), []
    model.register_forward_hook(lambda module, args, out: modes.append(module.training))
    model.eval()
    history = train(model, DataLoader(TensorDataset(x, y), batch_size=4), epochs, lr)
    return [float(loss) for loss in history], model.weight.detach().clone(), modes


def evaluation(evaluate, w, x, y):
    """What evaluate returns, and for each batch the mode and whether gradients were recorded."""
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    model = torch.nn.Linear(w.shape[1], len(w), bias=False)
    model.weight.data, seen = w.clone(), []
    model.register_forward_hook(lambda module, args, out: seen.append((module.training, torch.is_grad_enabled())))
    loss, accuracy = evaluate(model, DataLoader(TensorDataset(x, y), batch_size=4))
    return float(loss), float(accuracy), seen


def by_formula(w, x, y, epochs, lr):
    """History and weight, with the gradient of the cross-entropy from its formula: softmax minus one-hot."""
    right, history = w.clone().requires_grad_(), []
    opt = torch.optim.Adam([right], lr=lr)
    for _ in range(epochs):
        total = 0.0
        for xb, yb in zip(x.split(4), y.split(4), strict=True):
            p = (xb @ right.detach().T).softmax(1)
            total += -p[range(len(yb)), yb].log().sum().item()
            right.grad = (p - torch.eye(len(w))[yb]).T @ xb / len(xb)
            opt.step()
        history.append(total / len(x))
    return history, right.detach()


with checks.check("one epoch of one batch", hint="a model of zeros gives every class the same probability"):
    x, y = torch.eye(3), torch.tensor([0, 1, 2])
    history, w, _ = checks.there(training, train_model, torch.zeros(3, 3), x, y, 1, 0.1)
    checks.close(history, [math.log(3)], rtol=1e-4)
    checks.close(w, 0.2 * torch.eye(3) - 0.1, rtol=1e-3)
with checks.check("two of three answers are right", hint="the class with the highest score"):
    _, accuracy, _ = checks.there(evaluation, evaluate, torch.eye(3), torch.eye(3), torch.tensor([0, 1, 1]))
    checks.close(accuracy, 2 / 3)
### BEGIN HIDDEN TESTS
rng = checks.rng()
n, k = 4 * rng.integer(3, 5) + rng.integer(1, 2), rng.integer(3, 5)
x, w, lr = rng.tensor(n, 6), rng.tensor(k, 6), rng.uniform(0.01, 0.05)
y = (x @ w.T + 2 * rng.tensor(n, k)).argmax(1)
y[-1] = (x @ w.T)[-1].argmin()  # the small batch at the end is an odd one
right_history, right_w = by_formula(w, x, y, 3, lr)
with checks.check(
    "the weights after three epochs of Adam", hint="who takes the softmax? clear, backward, step, with one optimiser"
):
    checks.close(checks.there(training, train_model, w, x, y, 3, lr)[1], right_w, rtol=1e-2, atol=1e-4)
with checks.check("the history counts every row the same", hint="how many rows has the last batch?"):
    history, _, modes = checks.there(training, train_model, w, x, y, 3, lr)
    checks.close(history, right_history, rtol=1e-3)
    checks.true(all(modes), "the model was in evaluation mode while it trained")
with checks.check("loss and accuracy over all rows", hint="sum over the rows, then divide by all of them"):
    scores = x.double() @ w.double().T
    loss, accuracy, _ = checks.there(evaluation, evaluate, w, x, y)
    checks.close(loss, (scores.logsumexp(1) - scores[range(n), y]).mean(), rtol=1e-3)
    checks.close(accuracy, sum(int(a) == int(b) for a, b in zip(scores.argmax(1), y, strict=True)) / n)
with checks.check("evaluation mode, and no gradients", hint="two lines before the loop"):
    checks.equal({tuple(one) for one in checks.there(evaluation, evaluate, w, x, y)[2]}, {(False, False)})
### END HIDDEN TESTS


# %% right="train_model: clears first, counts rows itself"
def train_model(model, loader, epochs, lr):
    opt = torch.optim.Adam(model.parameters(), lr)
    history = []
    for _ in range(epochs):
        model.train()
        total, rows = 0.0, 0
        for xb, yb in loader:
            opt.zero_grad()
            loss = F.cross_entropy(model(xb), yb)
            loss.backward()
            opt.step()
            total, rows = total + float(loss.detach()) * len(yb), rows + len(yb)
        history.append(total / rows)
    return history


@torch.no_grad()
def evaluate(model, loader):
    model.train(False)
    parts = [(model(xb), yb) for xb, yb in loader]
    scores, labels = (torch.cat(part) for part in zip(*parts, strict=True))
    return F.cross_entropy(scores, labels), (scores.max(1).indices == labels).float().mean()


# %% right="train_model: a sum as loss, divided by the rows before backward"
def train_model(model, loader, epochs, lr):
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    loss_func = nn.CrossEntropyLoss(reduction="none")
    history = []
    for _ in tqdm(range(epochs), leave=False):
        model.train()
        losses = []
        for xb, yb in loader:
            each = loss_func(model(xb), yb)
            model.zero_grad()
            each.mean().backward()
            opt.step()
            losses += each.tolist()
        history.append(sum(losses) / len(losses))
    return history


def evaluate(model, loader):
    model.eval()
    losses, hits = [], []
    with torch.inference_mode():
        for xb, yb in loader:
            logs = model(xb).log_softmax(-1)
            losses.append(F.nll_loss(logs, yb, reduction="none"))
            hits.append(logs.argmax(-1).eq(yb).float())
    return torch.cat(losses).mean().item(), torch.cat(hits).mean().item()


# %% right="train_model: whole data at once in evaluate"
def train_model(model, loader, epochs, lr):
    criterion = nn.CrossEntropyLoss(reduction="sum")
    opt = torch.optim.Adam(params=model.parameters(), lr=lr)
    history = []
    for _epoch in tqdm(range(epochs)):
        model.train()
        running = torch.zeros(())
        for _i, (xb, yb) in enumerate(loader):
            opt.zero_grad()
            loss = criterion(model(xb), yb)
            (loss / yb.size(0)).backward()
            opt.step()
            running += loss.detach()
        history.append((running / len(loader.dataset)).item())
    return history


def evaluate(model, loader):
    model.eval()
    x = torch.stack([a for a, b in loader.dataset])
    y = torch.stack([b for a, b in loader.dataset])
    with torch.no_grad():
        z = model(x)
    return nn.CrossEntropyLoss()(z, y), z.argmax(-1).eq(y).double().mean()


# %% wrong="train_model: the mean of the batches"
def train_model(model, loader, epochs, lr):
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    for _ in range(epochs):
        model.train()
        total = 0.0
        for xb, yb in loader:
            loss = F.cross_entropy(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item()
        history.append(total / len(loader))
    return history


def evaluate(model, loader):
    model.eval()
    total, right = 0.0, 0
    with torch.no_grad():
        for xb, yb in loader:
            scores = model(xb)
            total += F.cross_entropy(scores, yb).item()
            right += (scores.argmax(dim=1) == yb).float().mean().item()
    return total / len(loader), right / len(loader)


# %% wrong="train_model: softmax before the cross-entropy"
def train_model(model, loader, epochs, lr):
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    for _ in range(epochs):
        model.train()
        total = 0.0
        for xb, yb in loader:
            loss = F.cross_entropy(model(xb).softmax(1), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(xb)
        history.append(total / len(loader.dataset))
    return history


def evaluate(model, loader):
    model.eval()
    total, right = 0.0, 0
    with torch.no_grad():
        for xb, yb in loader:
            scores = model(xb).softmax(1)
            total += F.cross_entropy(scores, yb, reduction="sum").item()
            right += (scores.argmax(dim=1) == yb).sum().item()
    return total / len(loader.dataset), right / len(loader.dataset)


# %% wrong="train_model: never leaves the mode it finds, and records gradients"
def train_model(model, loader, epochs, lr):
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    for _ in range(epochs):
        total = 0.0
        for xb, yb in loader:
            loss = F.cross_entropy(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(xb)
        history.append(total / len(loader.dataset))
    return history


def evaluate(model, loader):
    total, right = 0.0, 0
    for xb, yb in loader:
        scores = model(xb)
        total += F.cross_entropy(scores, yb, reduction="sum").item()
        right += (scores.argmax(dim=1) == yb).sum().item()
    return total / len(loader.dataset), right / len(loader.dataset)


# %% wrong="train_model: SGD instead of Adam"
def train_model(model, loader, epochs, lr):
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    history = []
    for _ in range(epochs):
        model.train()
        total = 0.0
        for xb, yb in loader:
            loss = F.cross_entropy(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(xb)
        history.append(total / len(loader.dataset))
    return history


def evaluate(model, loader):
    model.eval()
    total, right = 0.0, 0
    with torch.no_grad():
        for xb, yb in loader:
            scores = model(xb)
            total += F.cross_entropy(scores, yb, reduction="sum").item()
            right += (scores.argmax(dim=1) == yb).sum().item()
    return total / len(loader.dataset), right / len(loader.dataset)


# %% wrong="train_model: argmax over the batch"
def train_model(model, loader, epochs, lr):
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    for _ in range(epochs):
        model.train()
        total = 0.0
        for xb, yb in loader:
            loss = F.cross_entropy(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(xb)
        history.append(total / len(loader.dataset))
    return history


def evaluate(model, loader):
    model.eval()
    total, right = 0.0, 0
    with torch.no_grad():
        for xb, yb in loader:
            scores = model(xb)
            total += F.cross_entropy(scores, yb, reduction="sum").item()
            right += (scores.argmax(dim=0)[: len(yb)] == yb[: scores.shape[1]]).sum().item()
    return total / len(loader.dataset), right / len(loader.dataset)


# %% [markdown]
# **Predict:** ten classes, no idea at all: with which loss will the training begin? (The natural logarithm of 10 is
# 2.30.) And how many of a thousand new digits will be right after ten epochs?

# %%
net = digit_net()
print("before: loss {:.2f}, accuracy {:.1%}".format(*evaluate(net, valid_dl)))
history = train_model(net, train_dl, device.budget(10), lr=3e-3)
print("after:  loss {:.2f}, accuracy {:.1%}".format(*evaluate(net, valid_dl)))
print("training loss of each epoch:", [round(loss, 3) for loss in history])

# %% [markdown]
# Which learning rate should each optimiser get? It is a **hyperparameter**: no gradient will find it, so one has to
# try. Draw the candidates at random and on a *logarithmic* scale, because 0.001 and 0.002 differ as much as 0.1 and
# 0.2 do. Begin with a wide range, and look again, finer, where it was good.
#
# But who judges the candidates? Not the validation digits. The best of many tries on them is partly luck with just
# these digits, and we want to report what the network does on digits that had no say. So the last thousand of the
# *training* digits are set aside for choosing. **Predict** the shape of the picture: accuracy on them after one epoch
# against the learning rate, for plain SGD and for Adam.

# %%
pictures, classes = digits.train_x.flatten(1), digits.train_y
fewer_dl = DataLoader(TensorDataset(pictures[:3000], classes[:3000]), batch_size=64, shuffle=True)
choice_dl = DataLoader(TensorDataset(pictures[3000:], classes[3000:]), batch_size=300)


def race(make, epochs, train=train_dl, judge=valid_dl, seed=0, rate=None, **options):
    """The accuracy after training; `rate`, if given, says by which factor the learning rate changes at each step."""
    net = digit_net(seed)
    opt = make(net.parameters(), **options)
    top, total = opt.lr, epochs * len(train)
    for step, (xb, yb) in enumerate(itertools.chain.from_iterable(itertools.repeat(train, epochs))):
        if rate is not None:
            opt.lr = top * rate(step, total)
        opt.zero_grad()
        F.cross_entropy(net(xb), yb).backward()
        opt.step()
    return evaluate(net, judge)[1]


# %%
plt.figure(figsize=(6, 3))
for make, low, high in ((SGD, -3, 1), (Adam, -5, -0.5)):
    candidates = 10 ** (low + (high - low) * torch.rand(device.budget(12)).sort().values)
    scores = [race(make, 1, fewer_dl, choice_dl, lr=lr.item()) for lr in candidates]
    plt.semilogx(candidates, scores, "o-", label=make.__name__)
plt.xlabel("learning rate")
plt.ylabel("accuracy after one epoch")
plt.legend()
plt.tight_layout()

# %% [markdown]
# Both have a plateau where the rate hardly matters, and a cliff on its right. Adam's plateau is wider and lies far to
# the left: its steps are measured in learning rates, whatever the gradient.
#
# Now the race, ten epochs each. Everything that you built takes part, and all 4,000 digits train. The rates below come
# from a search like this one: six or seven rates for each runner, ten epochs on the 3,000 digits, three seeds, judged
# by the 1,000 set aside. Of the rates within half a percent of the best we took the smallest. The validation digits had
# no say in it: they are asked once, at the end. **Predict** the order.

# %%
runners = {
    "SGD": (SGD, {"lr": 0.5}),
    "momentum": (Momentum, {"lr": 0.2}),
    "Nesterov": (Momentum, {"lr": 0.2, "nesterov": True}),
    "AdaGrad": (AdaGrad, {"lr": 0.02}),
    "RMSProp": (RMSProp, {"lr": 0.002}),
    "Adam": (Adam, {"lr": 0.01}),
    "AdamW, one cycle": (
        Adam,
        {"lr": 0.02, "weight_decay": 0.1, "rate": lambda t, total: one_cycle_rate(t, 1.0, total)},
    ),
}
for name, (make, options) in runners.items():
    reached[name] = race(make, device.budget(10), **options)
    print(f"{name:18}{reached[name]:.3f}")

# %% [markdown]
# ### Exercise: keep a run
# difficulty 2/5 · 8 minutes · cards: log-a-run, state-dict, save-and-load
#
# A run that leaves no trace has to be done again. Two habits help. **Log** settings and losses while training: many
# people use the service *Weights & Biases*, whose module is called `wandb`. The setup cell below has a stand-in with
# the same calls that stays on your machine. And **save** the weights at the end. A model's `state_dict()` is a
# dictionary with all its parameters (and buffers) by name. By custom the file's name ends in `.pt` or `.pth`.
#
# - `logged_run`: start the log with the project's name and the configuration, a dictionary with `lr` and `epochs`.
#   Watch the model and its loss function (here: gradients *and* parameters, every ten batches). Log the epoch and the
#   loss of each batch.
# - `save_weights` and `load_weights`: one saves the state dict, the other loads it into a model of the same form and
#   puts that into evaluation mode.


# %% setup
class PaperLog:
    """Has the calls of `wandb` that a run needs, and keeps everything in `rows`."""

    def __init__(self):
        self.config, self.rows = {}, []

    def init(self, project=None, name=None, config=None):
        """Starts a run of the project with its settings."""
        self.config = dict(config or {})
        print(f"a run of {project} with {self.config}")

    def watch(self, models, criterion=None, log="gradients", log_freq=1000):
        """The real one logs histograms of "gradients", "parameters" or "all", every log_freq batches."""

    def log(self, values):
        """One more row."""
        self.rows.append(dict(values))

    def finish(self):
        """Closes the run."""
        print(f"{len(self.rows)} rows logged")


# %% solution="logged_run"
def logged_run(wandb, model, loader, loss_func, lr: float, epochs: int) -> None:
    """Trains in place with SGD and logs the run."""
    wandb.init(project="digits", config={"lr": lr, "epochs": epochs})  # ? init | project | {"lr": lr, "epochs": epochs}
    wandb.watch(model, loss_func, log="all", log_freq=10)  # ? watch | model, loss_func | log="all" | log_freq=10
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    for epoch in range(epochs):
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            wandb.log({"epoch": epoch, "loss": loss.item()})  # ? wandb.log | loss.item()
    wandb.finish()


def save_weights(model: nn.Module, path: str) -> None:
    """Writes the state dict into a file."""
    torch.save(model.state_dict(), path)  # ? torch.save | state_dict()


def load_weights(model: nn.Module, path: str) -> nn.Module:
    """The same model with the weights from the file, in evaluation mode."""
    model.load_state_dict(torch.load(path))  # ? load_state_dict | torch.load
    model.eval()  # ? eval()
    return model


# %% tests="logged_run" points=5
def recorded(logged_run, w, x, y, lr, epochs):
    """The calls of the log in their order, and the weight after training."""
    import torch

    calls, model = [], torch.nn.Linear(w.shape[1], 1, bias=False)
    model.weight.data = w.clone()

    class Log:
        def init(self, project=None, name=None, config=None):
            calls.append(("init", project, dict(config)))

        def watch(self, models, criterion=None, log="gradients", log_freq=1000):
            ours = models[0] if isinstance(models, (list, tuple)) else models
            calls.append(("watch", ours is model, criterion is torch.nn.functional.mse_loss, log, log_freq))

        def log(self, values):
            calls.append(("log", {name: float(value) for name, value in values.items()}))

        def finish(self):
            calls.append(("finish",))

    loader = [(x[:3], y[:3]), (x[3:], y[3:])]
    logged_run(Log(), model, loader, torch.nn.functional.mse_loss, lr, epochs)
    return calls, model.weight.detach().clone()


def kept(save_weights, load_weights, x):
    """Names in the file (or what it holds instead), results of the first model and of the loaded one, and its mode."""
    import tempfile
    from pathlib import Path

    import torch
    from torch import nn

    first, second = (nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2)) for _ in range(2))
    first(x)  # in training mode, which moves the averages of the norm
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "weights.pt")
        save_weights(first, path)
        state = torch.load(path, weights_only=False)
        names = sorted(state) if isinstance(state, dict) else f"no state dict, but a {type(state).__name__}"
        loaded = load_weights(second, path)
    first.eval()
    return names, first(x).detach(), loaded(x).detach(), loaded.training, loaded is second


with checks.check("a log of one epoch with two batches", hint="a row for each batch: epoch and loss"):
    calls, _ = checks.there(recorded, logged_run, torch.ones(1, 1), torch.ones(5, 1), torch.zeros(5, 1), 0.1, 1)
    rows = [call[1] for call in calls if call[0] == "log"]
    checks.close([row["loss"] for row in rows], [1.0, 0.64])
    checks.close([row["epoch"] for row in rows], [0, 0])
with checks.check("saved weights come back", hint="save the state dict, load it into the other model"):
    names, saved, loaded, _, _ = checks.there(kept, save_weights, load_weights, torch.eye(3))
    checks.close(loaded, saved)
### BEGIN HIDDEN TESTS
rng = checks.rng()
x, y, w, lr, epochs = rng.tensor(7, 2), rng.tensor(7, 1), rng.tensor(1, 2), rng.uniform(0.01, 0.1), rng.integer(2, 4)
right_w, right_rows = w, []
for epoch in range(epochs):
    for part in (slice(0, 3), slice(3, 7)):
        error = x[part] @ right_w.T - y[part]
        right_rows.append((epoch, error.square().mean()))
        right_w = right_w - lr * 2 * error.T @ x[part] / len(error)
with checks.check("project, configuration, and what is watched", hint="read the text: all, every ten batches"):
    calls, _ = checks.there(recorded, logged_run, w, x, y, lr, epochs)
    checks.equal(calls[0][:2], ("init", "digits"))
    checks.true({"lr", "epochs"} <= set(calls[0][2]), "the configuration needs the keys lr and epochs")
    checks.close([float(calls[0][2]["lr"]), float(calls[0][2]["epochs"])], [lr, epochs])
    checks.equal(tuple(calls[1]), ("watch", True, True, "all", 10))
    checks.equal(calls[-1][0], "finish")
with checks.check("every batch is logged, and trained on", hint="the loss before the step; epochs count from 0"):
    calls, got_w = checks.there(recorded, logged_run, w, x, y, lr, epochs)
    rows = [call[1] for call in calls if call[0] == "log"]
    checks.close(
        [[row["epoch"], row["loss"]] for row in rows], [[epoch, float(loss)] for epoch, loss in right_rows], rtol=1e-3
    )
    checks.close(got_w, right_w, rtol=1e-3, atol=1e-5)
with checks.check("a file of named tensors, loaded for evaluation", hint="not the whole model; and which mode?"):
    names, saved, loaded, training, same = checks.there(kept, save_weights, load_weights, rng.tensor(5, 3))
    norm = [f"1.{name}" for name in ("bias", "num_batches_tracked", "running_mean", "running_var", "weight")]
    checks.equal(names, ["0.bias", "0.weight", *norm, "2.bias", "2.weight"])
    checks.close(loaded, saved)
    checks.equal((training, same), (False, True))
### END HIDDEN TESTS


# %% right="logged_run: keywords, open files"
def logged_run(wandb, model, loader, loss_func, lr, epochs):
    config = {"epochs": epochs, "lr": lr}
    wandb.init(config=config, project="digits")
    wandb.watch(models=model, criterion=loss_func, log_freq=10, log="all")
    opt = torch.optim.SGD(model.parameters(), lr=config["lr"])
    for epoch in range(epochs):
        for batch in loader:
            opt.zero_grad()
            loss = loss_func(model(batch[0]), batch[1])
            wandb.log({"loss": float(loss.detach()), "epoch": epoch})
            loss.backward()
            opt.step()
    wandb.finish()


def save_weights(model, path):
    with open(path, "wb") as file:
        torch.save({name: value.detach() for name, value in model.state_dict().items()}, file)


def load_weights(model, path):
    with open(path, "rb") as file:
        state = torch.load(file, weights_only=True)
    model.load_state_dict(state)
    return model.eval()


# %% right="logged_run: steps by hand, copies tensor by tensor"
def logged_run(wandb, model, loader, loss_func, lr, epochs):
    wandb.init("digits", config={"lr": lr, "epochs": epochs})
    wandb.watch(model, loss_func, "all", 10)
    for epoch in range(epochs):
        for xb, yb in loader:
            model.zero_grad()
            loss = loss_func(model(xb), yb)
            loss.backward()
            with torch.no_grad():
                for p in model.parameters():
                    p -= lr * p.grad
            wandb.log({"epoch": epoch, "loss": loss.item()})
    wandb.finish()


def save_weights(model, path):
    torch.save(obj=model.state_dict(), f=path)


def load_weights(model, path):
    model.train(False)
    for name, value in torch.load(path, map_location="cpu").items():
        model.state_dict()[name].copy_(value)
    return model


# %% right="logged_run: more in the configuration and in the rows"
def logged_run(wandb, model, loader, loss_func, lr, epochs):
    wandb.init(project="digits", name="first", config={"lr": lr, "epochs": epochs, "optimiser": "SGD"})
    wandb.watch(model, criterion=loss_func, log="all", log_freq=10)
    opt = torch.optim.SGD(model.parameters(), lr)
    for epoch in range(epochs):
        for i, (xb, yb) in enumerate(loader):
            opt.zero_grad()
            loss = loss_func(model(xb), yb)
            loss.backward()
            opt.step()
            wandb.log({"loss": loss, "epoch": epoch, "batch": i})
    wandb.finish()


def save_weights(model, path):
    torch.save(dict(model.state_dict()), path)


def load_weights(model, path):
    model.load_state_dict(torch.load(path, map_location="cpu", weights_only=True), strict=True)
    model.eval()
    return model


# %% wrong="logged_run: one row an epoch, weights of the parameters only"
def logged_run(wandb, model, loader, loss_func, lr, epochs):
    wandb.init(project="digits", config={"lr": lr, "epochs": epochs})
    wandb.watch(model, loss_func, log="all", log_freq=10)
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    for epoch in range(epochs):
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
        wandb.log({"epoch": epoch, "loss": loss.item()})
    wandb.finish()


def save_weights(model, path):
    torch.save(dict(model.named_parameters()), path)


def load_weights(model, path):
    model.load_state_dict(torch.load(path), strict=False)
    return model.eval()


# %% wrong="logged_run: saves the whole model"
def logged_run(wandb, model, loader, loss_func, lr, epochs):
    wandb.init(project="digits", config={"lr": lr, "epochs": epochs})
    wandb.watch(model, loss_func, log="all", log_freq=10)
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    for epoch in range(epochs):
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            wandb.log({"epoch": epoch, "loss": loss.item()})
    wandb.finish()


def save_weights(model, path):
    torch.save(model, path)


def load_weights(model, path):
    return torch.load(path, weights_only=False).eval()


# %% wrong="logged_run: reads the file and throws it away"
def logged_run(wandb, model, loader, loss_func, lr, epochs):
    wandb.init(project="digits", config={"lr": lr, "epochs": epochs})
    wandb.watch(model, loss_func, log="all", log_freq=10)
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    for epoch in range(epochs):
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            wandb.log({"epoch": epoch, "loss": loss.item()})
    wandb.finish()


def save_weights(model, path):
    torch.save(model.state_dict(), path)


def load_weights(model, path):
    torch.load(path)
    return model.eval()


# %% wrong="logged_run: forgets evaluation mode, watches gradients only"
def logged_run(wandb, model, loader, loss_func, lr, epochs):
    wandb.init(project="digits", config={"lr": lr, "epochs": epochs})
    wandb.watch(model, loss_func)
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    for epoch in range(epochs):
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            wandb.log({"epoch": epoch, "loss": loss.item()})
    wandb.finish()


def save_weights(model, path):
    torch.save(model.state_dict(), path)


def load_weights(model, path):
    model.load_state_dict(torch.load(path))
    return model


# %% [markdown]
# A run with a log. `running` below is the mean of the last twenty losses. **Look** how much one batch says.

# %%
log = PaperLog()
logged_run(log, digit_net(), train_dl, F.cross_entropy, lr=0.3, epochs=device.budget(5))
losses = torch.tensor([row["loss"] for row in log.rows])
running = losses.unfold(0, 20, 1).mean(1)
plt.figure(figsize=(6, 2.6))
plt.plot(losses, linewidth=0.5, label="each batch")
plt.plot(range(19, len(losses)), running, label="mean of the last 20")
plt.xlabel("batch")
plt.ylabel("training loss")
plt.legend()
plt.tight_layout()

# %% [markdown]
# Why not save the whole model object? It would be tied to the code and the folders of that day. A state dict holds
# nothing but named tensors, and any model of the same form can take it. To go on training later, save the optimiser's
# `state_dict()` as well: it has the velocities and averages.


# %% [markdown]
# ## 8 · Find the bug, and say it in your own words
#
# ### Exercise: it clips, and turns
# difficulty 3/5 · 10 minutes · cards: clip-norm, clip-keeps-direction
#
# One bad batch can have a gradient so large that a single step ruins hours of training. **Clipping** limits the length
# of the step: when the norm of *all gradients taken together* as one long vector exceeds the limit, they are all
# multiplied by the same factor, so that the norm equals the limit. The direction stays the same.
#
# A colleague wrote this function. The training no longer explodes, but it walks to other places than before, although
# the limit is rarely exceeded. There is **one** mistake in the idea. Find it and repair the function. It must still
# change the gradients in place, leave small ones alone, and return the norm from *before*.


# %% solution="clip_gradients"
def clip_gradients(params, limit: float) -> float:
    """Scales the gradients in place so that their joint norm is at most limit; returns the norm before."""
    ### BEGIN SOLUTION
    #! squares = 0.0
    #! for p in params:
    #!     norm = p.grad.norm().item()
    #!     squares += norm**2
    #!     if norm > limit:
    #!         p.grad.mul_(limit / norm)
    #! return squares**0.5
    gradients = [p.grad for p in params]
    norm = sum(g.square().sum() for g in gradients).sqrt().item()
    if norm > limit:
        for g in gradients:
            g.mul_(limit / norm)
    return norm
    ### END SOLUTION


# %% tests="clip_gradients" points=3
def clipped(clip_gradients, gradients, limit):
    """What clip_gradients returns, and the gradients afterwards."""
    import torch

    params = [torch.zeros_like(g).requires_grad_() for g in gradients]
    for p, g in zip(params, gradients, strict=True):
        p.grad = g.clone()
    before = clip_gradients(params, limit)
    return float(before), [p.grad for p in params]


with checks.check("gradients of 3 and 4 with a limit of 2.5 are halved", hint="how long are the two taken together?"):
    norm, after = checks.there(clipped, clip_gradients, [torch.tensor([3.0]), torch.tensor([4.0])], 2.5)
    checks.close(norm, 5.0)
    checks.close(torch.cat(after), [1.5, 2.0], rtol=1e-4)
### BEGIN HIDDEN TESTS
rng = checks.rng()
gradients = [rng.tensor(4) + 1, 5 * rng.tensor(2, 3) + 1, 0.1 * rng.tensor(3) + 1]
whole = torch.cat([g.flatten() for g in gradients])
with checks.check("long gradients become as long as the limit, in the same direction", hint="one factor for all"):
    limit = 0.3 * whole.norm().item()
    norm, after = checks.there(clipped, clip_gradients, gradients, limit)
    params = [torch.zeros_like(g) for g in gradients]
    for p, g in zip(params, gradients, strict=True):
        p.grad = g.clone()
    checks.close(norm, torch.nn.utils.clip_grad_norm_(params, limit), rtol=1e-4)
    for got, p in zip(after, params, strict=True):
        checks.close(got, p.grad, rtol=1e-3, atol=1e-5)
with checks.check("just above their norm nothing changes, just below it all shrink", hint="a limit is not a target"):
    for share, factor in ((1.02, 1.0), (0.98, 0.98)):
        norm, after = checks.there(clipped, clip_gradients, gradients, share * whole.norm().item())
        checks.close(norm, whole.norm(), rtol=1e-4)
        for got, g in zip(after, gradients, strict=True):
            checks.close(got, factor * g, rtol=1e-3, atol=1e-5)
### END HIDDEN TESTS


# %% equivalent="clip_gradients: at the limit itself the factor is 1"
# - if norm > limit:
# + if norm >= limit:


# %% right="clip_gradients: torch's own"
def clip_gradients(params, limit):
    return float(torch.nn.utils.clip_grad_norm_(params, limit))


# %% right="clip_gradients: one long vector, a factor of at most one"
def clip_gradients(params, limit):
    params = list(params)
    norm = torch.cat([p.grad.reshape(-1) for p in params]).norm()
    factor = min(1.0, limit / float(norm))
    for p in params:
        p.grad = p.grad * factor
    return norm.item()


# %% right="clip_gradients: get_total_norm, foreach"
def clip_gradients(params, limit):
    grads = [p.grad for p in params]
    total = torch.linalg.vector_norm(torch.stack([g.norm() for g in grads]))
    scale = torch.clamp(limit / (total + 1e-6), max=1.0)
    torch._foreach_mul_(grads, scale)
    return total


# %% wrong="clip_gradients: as it was"
def clip_gradients(params, limit):
    squares = 0.0
    for p in params:
        norm = p.grad.norm().item()
        squares += norm**2
        if norm > limit:
            p.grad.mul_(limit / norm)
    return squares**0.5


# %% wrong="clip_gradients: clips each number"
def clip_gradients(params, limit):
    params = list(params)
    norm = sum(p.grad.square().sum() for p in params).sqrt().item()
    for p in params:
        p.grad.clamp_(-limit, limit)
    return norm


# %% wrong="clip_gradients: stretches short ones too"
def clip_gradients(params, limit):
    params = list(params)
    norm = sum(p.grad.square().sum() for p in params).sqrt().item()
    for p in params:
        p.grad.mul_(limit / norm)
    return norm


# %% wrong="clip_gradients: adds up the norms"
def clip_gradients(params, limit):
    params = list(params)
    norm = sum(p.grad.norm().item() for p in params)
    if norm > limit:
        for p in params:
            p.grad.mul_(limit / norm)
    return norm


# %% wrong="clip_gradients: makes a copy"
def clip_gradients(params, limit):
    gradients = [p.grad for p in params]
    norm = sum(g.square().sum() for g in gradients).sqrt().item()
    if norm > limit:
        gradients = [g * limit / norm for g in gradients]
    return norm


# %% [markdown]
# ### Six questions
# Two to five sentences each are enough. Write as you would to somebody who has not taken this course.

# %% [markdown] question="read_the_curve" points=2
# **Read the curve.** Three training curves: the first falls very slowly and is still falling at the end, the second
# falls fast and then jitters around one level, the third jumps up and ends in `nan`. What do you say about the
# learning rate of each, and what would you try next?
#
# ### BEGIN MARK SCHEME
# - 1 point: first too low, third too high; second good at first and too high (or batches too small) for the end.
# - 1 point: sensible next steps: a rate some three to ten times as large; a schedule that falls or a larger batch; a
#   rate ten times smaller, warm-up or clipping.
# ### END MARK SCHEME

# %% [markdown] question="formula_or_walk" points=2
# **Formula or walk?** The normal equations find the bottom in one go. Name two reasons why nobody trains large
# networks with them or with another method that needs the whole Hessian.
#
# ### BEGIN MARK SCHEME
# - 1 point: they need a model that is linear in its parameters with a squared error; a network's loss is no bowl.
# - 1 point: a matrix with a row and a column for each parameter: memory grows with the square, solving with the cube;
#   or: needs all the data at once, and Hessians of mini-batches are noisy.
# ### END MARK SCHEME

# %% [markdown] question="adams_first_step" points=2
# **Adam's first step.** Adam makes its very first step with a learning rate of 0.001. How long is that step for a
# parameter whose gradient is 50, and for one whose gradient is 0.001? What would the step be without bias correction,
# with the usual settings?
#
# ### BEGIN MARK SCHEME
# - 1 point: 0.001 for both (up to epsilon), because the corrected averages are g and g squared and g divided by its
#   magnitude is its sign.
# - 1 point: without correction 0.1 g divided by the root of 0.001 g squared, which is 3.16 times as long.
# ### END MARK SCHEME

# %% [markdown] question="two_kinds_of_decay" points=2
# **Two kinds of decay.** A friend says: weight decay and an L2 term in the loss are the same thing. When is he right,
# and when is he not? What does AdamW do differently?
#
# ### BEGIN MARK SCHEME
# - 1 point: the same for plain SGD: the gradient of half lambda times the squared norm is lambda times the weight.
# - 1 point: not for Adam (or any adaptive method): there the term is divided by the usual size of the gradients, so
#   weights with loud gradients are hardly shrunk; AdamW shrinks all by the same share, apart from the averages.
# ### END MARK SCHEME

# %% [markdown] question="noise_and_batches" points=2
# **What a batch buys.** You may double the batch size or double the number of steps, for the same price. What speaks
# for each, and how does the noise of one gradient change? Why does a schedule that falls to zero help small batches
# most?
#
# ### BEGIN MARK SCHEME
# - 1 point: doubling the batch divides the noise only by the root of 2 (the variance by 2); more steps get further
#   while far from the bottom; larger batches use the hardware better and allow a larger rate.
# - 1 point: near the bottom the walk jitters, the more the smaller the batch and the larger the rate; letting the rate
#   fall averages the noise out.
# ### END MARK SCHEME

# %% [markdown] question="read_the_table" points=2
# **Read the last table.** (Run it first; it stands below.) Which runners of your race can a thousand validation digits
# tell apart, and which not? Would you conclude that one optimiser is the best?
#
# ### BEGIN MARK SCHEME
# - 1 point: compares differences with the standard errors, with numbers from the student's own table; most differences
#   lie within them.
# - 1 point: no such conclusion: one network, one data set, one seed, ten epochs, and rates that were tuned more or
#   less; names at least one of these.
# ### END MARK SCHEME

# %% [markdown]
# ## 9 · Where you stand
#
# "Yours" is what your optimisers have reached in the race: 4,000 of the real MNIST digits, ten epochs, one network of
# 79,510 parameters, judged by 1,000 validation digits that chose nothing: the learning rates were chosen on a part of
# the training digits. "±" is the standard error that comes from having only so many validation digits. "Ours" is the
# same race measured for this course, five seeds each, from the worst to the best. The figures at the bottom were
# *published* for all 60,000 training digits and the 10,000 of the official test, so they are no fair opponents: they
# show what fifteen times as many pictures are worth.

# %% setup
measured = {  # worst and best of five seeds, the same code, ten epochs
    "SGD": (0.938, 0.946),
    "momentum": (0.935, 0.952),
    "Nesterov": (0.936, 0.954),
    "AdaGrad": (0.931, 0.938),
    "RMSProp": (0.933, 0.937),
    "Adam": (0.938, 0.947),
    "AdamW, one cycle": (0.948, 0.956),
}
published = {
    "softmax regression": "0.92            dlsys course, homework 0",
    "one hidden layer": "0.976 - 0.981   dlsys homework 0; fast.ai book, chapter 13",
}

# %%
if device.budget(10) < 10:
    print("run by the grader, which trains a fifth as long")
print(f"{'':20}{'yours':>7}{'±':>7}   ours")
for name, (low, high) in measured.items():
    p = reached.get(name)
    mine = f"{p:7.3f}{(p * (1 - p) / 1000) ** 0.5:7.3f}" if p else f"{'not yet':>14}"
    print(f"{name:20}{mine}   {low:.3f} - {high:.3f}")
print("\npublished, trained on all 60,000 digits")
for name, figure in published.items():
    print(f"{name:20}{'':14}   {figure}")

# %% [markdown]
# ## What you have built
# Seven optimisers, four schedules, a trainer, a log. When you meet a new optimiser, you now know what to ask: what does
# it remember, how does it measure the size of a gradient, what does it do in its first ten steps, and how does it slow
# down? The next lesson leaves the walk alone and looks at the network itself.
