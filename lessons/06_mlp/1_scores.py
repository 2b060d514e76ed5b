# %% [markdown]
# # How sure?
# Ask a network what it sees, and it does not say "seven". It hands you ten numbers, some of them negative, and leaves
# you alone with them. What makes them an answer, how sure is it, and what does it cost when it is wrong? Then: why does
# a second layer help only if something bends between the two, how do you start it, and how do you keep it from learning
# its pictures by heart? In the end you train such a network with no layer of PyTorch's in it.
#
# **How to read this notebook.** Before you run a cell, say what you expect to see. Then run it and look. Cells that
# read `# YOUR CODE HERE` or `____` are yours; the cell below each of them tells you how far you got. No exercise needs
# your answer to another one, so if you get stuck, move on. (Pictures made with your functions have to wait for them.)
#
# **In this part you will** turn scores into chances that no large number can break, price answers by their chances,
# train the smallest of all classifiers from scratch, and write a helper whose types can be read.
#
# Three handwritten digits, and a linear model's chances. **Predict** from the digits alone: which is the doubtful one?

# %% setup
import itertools
import math
from collections import OrderedDict
from functools import cached_property
from pathlib import Path
from typing import Any, Union

import matplotlib.pyplot as plt
import numpy as np
import requests
import torch
import torch.nn.functional as F
from einops import rearrange
from torch import nn

from course import checks, data, device

# %% setup
torch.set_num_threads(1)  # our matrices are small: two threads would mostly wait for each other
digits = data.digits()  # 4,000 pictures to learn from, 1,000 to check with
train_x, valid_x = digits.train_x.flatten(1), digits.valid_x.flatten(1)
train_y, valid_y = digits.train_y, digits.valid_y
reached: dict[str, float] = {}  # what your code reaches, for the table at the end


class Board:
    """Keeps a curve for each name, and draws them on one sheet."""

    def __init__(self):
        self.curves: dict[str, list[float]] = {}

    def add(self, name: str, value: float) -> None:
        """One more point on the curve of that name."""
        self.curves.setdefault(name, []).append(value)

    def draw(self, axis, title: str) -> None:
        """All curves, one point an epoch."""
        for name, values in self.curves.items():
            axis.plot(range(1, len(values) + 1), values, marker=".", label=name)
        axis.set(xlabel="epoch", title=title, ylim=(0, 0.6))
        axis.legend()


# %%
torch.manual_seed(0)
linear = nn.Linear(784, 10)
opt = torch.optim.SGD(linear.parameters(), lr=0.5)
for _ in range(60):
    opt.zero_grad()
    F.cross_entropy(linear(train_x), train_y).backward()
    opt.step()
scores = linear(valid_x).detach()
chances = scores.softmax(dim=1)
doubt = chances.amax(dim=1).argsort()  # from the most doubtful to the surest
figure, axes = plt.subplots(2, 3, figsize=(7.5, 4), height_ratios=(2, 1), layout="tight")
for column, place in zip(axes.T, (doubt[-1], doubt[300], doubt[2]), strict=True):
    column[0].imshow(valid_x[place].reshape(28, 28), cmap="gray_r")
    column[0].set_axis_off()
    column[1].bar(range(10), chances[place])
    column[1].set(ylim=(0, 1), xticks=range(10), xlabel="class", ylabel="chance")

# %% [markdown]
# ## 1 · From scores to chances
#
# A classifier's numbers are called **scores** or **logits**. Chances must be positive, add up to one, and grow with
# their scores. The exponential makes anything positive; dividing by the sum does the rest. That is **softmax**:
#
# $$p_i = \frac{e^{s_i}}{\sum_j e^{s_j}} \qquad\qquad \log p_i = s_i - \log \sum_j e^{s_j}$$
#
# Add $c$ to all scores: numerator and denominator get a factor $e^c$, which cancels. Softmax is **invariant under
# shifts**: it knows differences only. **Predict** what the bare formula makes of $c = 1000$ in float32.

# %%
s = torch.tensor([2.0, 1.0, -1.0])
for c in (0.0, 50.0, 1000.0, -1000.0):
    powers = (s + c).exp()
    print(f"c = {c:6.0f}: powers {powers.numpy()}, chances {(powers / powers.sum()).numpy()}")

# %% [markdown]
# float32 ends at about $3.4 \cdot 10^{38}$, which is $e^{88.7}$. Above, the powers are infinite, and infinity divided
# by infinity is "not a number". Far below, all of them are rounded to 0, and so is the sum. The cure comes from the
# invariance itself: *we* may choose the shift. Which shift leaves no power above 1, and at least one *at* 1?
#
# A chance can also be too small to write down: $e^{-200}$ is 0 in float32, its logarithm $-\infty$ instead of a
# harmless $-200$. So **compute the logarithm first**, by the right-hand formula, never from a chance already rounded.
#
# ### Exercise: log-softmax
# difficulty 2/5 · 10 minutes · cards: softmax-safe, log-softmax, temperature, softmax-dim
#
# Write softmax and its logarithm along any axis `dim`. All scores are first divided by the positive `temperature`: the
# smaller it is, the surer the answer. Finite scores of any size must give the right finite logarithms.
#
# hint: With the largest score at 0, what lies between 1 and the number of classes?


# %% solution="log_softmax" promises="leaves-inputs, differentiable(scores), tensor, any-float, any-size(one row), by-hand(softmax, log_softmax, logsumexp)"
def log_softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The logarithms of the chances along dim, in the shape of the scores."""
    ### BEGIN SOLUTION
    scores = scores / temperature
    scores = scores - scores.amax(dim=dim, keepdim=True)
    return scores - scores.exp().sum(dim=dim, keepdim=True).log()
    ### END SOLUTION


def softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The chances along dim, in the shape of the scores."""
    ### BEGIN SOLUTION
    scores = scores / temperature
    powers = (scores - scores.amax(dim=dim, keepdim=True)).exp()
    return powers / powers.sum(dim=dim, keepdim=True)
    ### END SOLUTION


# %% tests="log_softmax" points=4
def examples(rng):
    yield checks.example(log_softmax, {"scores": rng.tensor(3, 4), "dim": 0, "temperature": 0.7}, of="log_softmax")
    yield checks.example(softmax, {"scores": rng.tensor(2, 3), "dim": 1, "temperature": 2.0}, of="softmax")
    one = {"scores": torch.tensor([[0.0, math.log(3)]]), "dim": 1}
    chances = torch.tensor([[0.25, 0.75]])
    yield checks.example(softmax, one, size="one row", of="softmax", right=chances)
    yield checks.example(log_softmax, one, size="one row", of="log_softmax", right=chances.log())


with checks.check("scores of log 1, log 2 and log 5", hint="the powers are 1, 2 and 5, their sum 8", points=1):
    three = torch.tensor([1.0, 2.0, 5.0]).log()
    checks.close(softmax(three), [0.125, 0.25, 0.625])
    checks.close(log_softmax(three), [math.log(0.125), math.log(0.25), math.log(0.625)])
### BEGIN HIDDEN TESTS
rng = checks.rng()
cases = [((3, 4), -1), ((3, 4), 0), ((2, 3, 4), 1), ((5,), 0), ((2, 2, 3), -3)]
with checks.check("any axis, any temperature", hint="the chances along dim add up to one; divide before all else"):
    for (shape, dim), temperature in zip(cases, (1.0, 0.5, 3.0, 0.1, 20.0), strict=True):
        scores = 3 * rng.tensor(*shape)
        right = torch.log_softmax(scores.double() / temperature, dim)
        what = f"shape {shape}, dim {dim}, temperature {temperature}"
        checks.close(log_softmax(scores, dim, temperature), right, rtol=1e-3, atol=1e-4, what=f"logarithms, {what}")
        checks.close(softmax(scores, dim, temperature), right.exp(), rtol=1e-3, atol=1e-6, what=f"chances, {what}")
with checks.check("chances of scores far up and far down", hint="which shift leaves no power above 1?"):
    for c in (1000.0, -1000.0, 3e4):
        scores = torch.tensor([[2.0, 1.0, -1.0], [0.5, 3.0, 0.0]])
        rows = scores + torch.tensor([[c], [-c]])
        checks.close(softmax(rows, 1), scores.softmax(1), rtol=1e-2, what=f"shifted by {c} and {-c}")
        checks.close(softmax(rows.T, 0), scores.T.softmax(0), rtol=1e-2, what=f"columns shifted by {c} and {-c}")
with checks.check("logarithms of chances too small to write down", hint="a logarithm of 0 is of no use to anybody"):
    far = torch.tensor([[0.0, -400.0, -1000.0], [1000.0, 0.0, -1000.0]])
    checks.close(log_softmax(far, 1), [[0.0, -400.0, -1000.0], [0.0, -1000.0, -2000.0]])
    checks.close(log_softmax(far, 1, 0.1), [[0.0, -4000.0, -10000.0], [0.0, -10000.0, -20000.0]])
### END HIDDEN TESTS

# %% [markdown]
# The doubtful digit at four temperatures. Nothing was learned anew; **predict** whether the model's answer changes.

# %%
figure, axes = plt.subplots(1, 4, figsize=(9, 1.8), sharey=True, layout="tight")
for axis, temperature in zip(axes, (0.2, 1.0, 3.0, 100.0), strict=True):
    axis.bar(range(10), softmax(scores[doubt[2]], 0, temperature))
    axis.set(title=f"T = {temperature}", xticks=range(10), xlabel="class")

# %% [markdown]
# The order never changes, so neither does the answer; only how sure it sounds. (Guo et al., "On Calibration of Modern
# Neural Networks" (2017), arXiv 1706.04599, repair networks that are too sure of themselves with this single number.)
#
# Softmax makes classes *compete*: what one gains the others lose. That is right if exactly one of them is true. If a
# photograph can show a cat *and* a dog, or neither, give each class a chance of its own by the **logistic sigmoid**
# $\sigma(z) = 1/(1+e^{-z})$. For two classes the two agree: softmax of $(z, 0)$ is $(\sigma(z), 1 - \sigma(z))$.
#
# ## 2 · What an answer costs
#
# What should an answer cost that gave the right class the chance $p$? The **negative log-likelihood** $-\log p$ is 0 at
# $p = 1$, $\log 2$ for a coin toss, and any amount for being sure and wrong. The costs of independent answers add up,
# as their chances multiply. With a softmax's chances it is called **cross-entropy**. PyTorch's names say what goes in:
#
# | function | takes | labels |
# |---|---|---|
# | `F.nll_loss` | *logarithms* of chances, (n, classes) | class numbers (n,) |
# | `F.cross_entropy` | *scores*, (n, classes); does log-softmax itself | class numbers (n,) |
# | `F.binary_cross_entropy` | *chances* from a sigmoid, any shape | floats 0 to 1, same shape |
# | `F.binary_cross_entropy_with_logits` | *scores*, any shape; does the sigmoid itself | floats 0 to 1, same shape |
#
# For a yes-or-no question with the label $y$ the cost is $-y \log \sigma(z) - (1-y) \log(1 - \sigma(z))$. For $z = 200$
# and $y = 0$ it should be 200. Simplify on paper first: $-\log\sigma(z) = \log(1 + e^{-z})$, which is the **softplus**
# of $-z$, and $1 - \sigma(z) = \sigma(-z)$. Then ask again what can be shifted out of the exponential.
#
# **Label smoothing** does not believe labels entirely: it takes away a share $\varepsilon$ of each and spreads it
# evenly over *all* classes. So the target of the right class is $1 - \varepsilon + \varepsilon/k$, that of each other
# $\varepsilon/k$, and the cost of a row is the sum over all classes of $-\text{target} \cdot \log p$.
#
# ### Exercise: three losses
# difficulty 3/5 · 15 minutes · cards: nll, cross-entropy-torch, bce-logits, label-smoothing, which-loss
#
# `nll` has blanks: pick each row's logarithm at its label. Write the other two. Each returns the mean: of rows in the
# first two, of all entries in the third. Scores may be in the thousands; `z` and `y` have the same shape, whatever it
# is. `torch.log_softmax` and `F.softplus` are allowed here, the four losses of the table are not.
#
# hint: $\log(1 + e^{-z})$ overflows for $z = -1000$. With $m = \max(z, 0)$ the sum of both terms becomes
# $m - z y + \log(1 + e^{-|z|})$. (At $z = 0$ exactly, autograd gives it a wrong slope; no test looks there.)


# %% solution="losses" promises="leaves-inputs, differentiable(log_chances, scores, z), tensor, any-float, by-hand(nll_loss, binary_cross_entropy, binary_cross_entropy_with_logits)"
def nll(log_chances: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood of the labels (n,), from logarithms of chances (n, classes)."""
    rows = torch.arange(len(labels))
    return -log_chances[rows, labels].mean()  # ? rows, labels | mean


def cross_entropy(scores: torch.Tensor, labels: torch.Tensor, smoothing: float = 0.0) -> torch.Tensor:
    """The mean cross-entropy of scores (n, classes) with labels (n,), smoothed by this share."""
    ### BEGIN SOLUTION
    logs = torch.log_softmax(scores, dim=1)
    right = logs[torch.arange(len(labels)), labels]
    return -((1 - smoothing) * right + smoothing * logs.mean(dim=1)).mean()
    ### END SOLUTION


def bce_with_logits(z: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """The mean binary cross-entropy of scores z with labels y from 0 to 1."""
    ### BEGIN SOLUTION
    return (torch.clamp(z, min=0) - z * y + torch.log1p(torch.exp(-z.abs()))).mean()
    ### END SOLUTION


# %% tests="losses" points=5
def examples(rng):
    labels = rng.integers(4, low=0, high=2)
    yield checks.example(nll, {"log_chances": F.logsigmoid(rng.tensor(4, 3)), "labels": labels})
    yield checks.example(cross_entropy, {"scores": rng.tensor(4, 3), "labels": labels, "smoothing": 0.1})
    yield checks.example(bce_with_logits, {"z": rng.tensor(2, 3) + 0.1, "y": (rng.tensor(2, 3) > 0).float()})


with checks.check("chances of 1/2 and 1/8", hint="the logarithms are minus log 2 and minus 3 log 2", points=0.5):
    logs = torch.tensor([[0.5, 0.25, 0.25], [0.5, 0.375, 0.125]]).log()
    checks.close(nll(logs, torch.tensor([0, 2])), 2 * math.log(2))
with checks.check("no idea costs log k, and a coin toss log 2", hint="equal scores, equal chances", points=0.5):
    checks.close(cross_entropy(torch.zeros(2, 5), torch.tensor([4, 0])), math.log(5))
    checks.close(bce_with_logits(torch.zeros(3), torch.tensor([0.0, 1.0, 1.0])), math.log(2))
### BEGIN HIDDEN TESTS
rng = checks.rng()
sizes = ((6, 4), (1, 3), (50, 2), (3, 30))
cases = [(3 * rng.tensor(n, k), rng.integers(n, low=0, high=k - 1)) for n, k in sizes]
with checks.check("nll picks each row's label", hint="one number a row, and their mean"):
    for given, labels in cases:
        logs = F.logsigmoid(given)  # chances that need not add up to one
        checks.close(nll(logs, labels), F.nll_loss(logs, labels), rtol=1e-4, atol=1e-6, what=f"{tuple(given.shape)}")
with checks.check("cross-entropy, of huge scores too", hint="log-softmax first, then the label's", points=0.5):
    for given, labels in cases:
        for factor in (1, 700):  # a loss near 0 is the difference of numbers as large as the scores
            scores = factor * given
            right, near = F.cross_entropy(scores.double(), labels), 1e-6 * float(scores.abs().max())
            checks.close(cross_entropy(scores, labels), right, rtol=1e-3, atol=near, what=f"scores times {factor}")
with checks.check("smoothed labels", hint="a share for the right class, and one that all the classes divide"):
    for (given, labels), share in zip(cases, (0.1, 0.4, 0.9, 1.0), strict=True):
        labels = labels.clamp(max=given.shape[1] - 2)  # the last class is nobody's
        right = F.cross_entropy(given, labels, label_smoothing=share)
        checks.close(cross_entropy(given, labels, share), right, rtol=1e-3, atol=1e-5, what=f"smoothing {share}")
with checks.check("yes or no, in any shape, with labels in between", points=0.5, hint="both terms, by their labels"):
    for shape in ((7,), (3, 4), (2, 3, 2), ()):
        z, y = 3 * rng.tensor(*shape), torch.sigmoid(rng.tensor(*shape))
        right = F.binary_cross_entropy_with_logits(z, y)
        checks.close(bce_with_logits(z, y), right, rtol=1e-4, atol=1e-5, what=f"{shape}")
with checks.check("sure and wrong: 200 costs 200", hint="where does the exponential overflow, and where is it 0?"):
    for z, y, right in ((200.0, 0.0, 200.0), (-300.0, 1.0, 300.0), (5000.0, 0.25, 3750.0), (900.0, 1.0, 0.0)):
        checks.close(bce_with_logits(torch.tensor([z]), torch.tensor([y])), right, rtol=1e-3, what=f"z {z}, label {y}")
### END HIDDEN TESTS

# %% [markdown]
# What a model learns from is not the cost but its slope. For softmax with cross-entropy it is as simple as can be,
# *chances minus truth*: $\partial\,\text{loss} / \partial s_i = p_i - [i = \text{label}]$ (Lesson 03 derives it).
#
# ## 3 · The smallest classifier
#
# **Softmax regression** has one matrix and one bias: scores $= x W + b$, with $W$ of shape (features, classes). In
# spite of its name it classifies. Its loss is convex: there is only one valley, so zeros will do as a start.
#
# Write $D$ for the table of (chances − truth)$/n$, one row for each picture. Each weight is multiplied by an input,
# each bias by 1: so by the chain rule $\nabla_W = x^\top D$, and $\nabla_b$ is the sum of the rows of $D$.
#
# ### Exercise: softmax regression
# difficulty 3/5 · 15 minutes · cards: softmax-regression, predict-class, classifier-accuracy
#
# Fill the blanks of `predict`, for any model that returns scores, and of `accuracy`. Then write `fit_softmax`: from
# zeros, so many steps of gradient descent on the mean cross-entropy over *all* rows, by the formulas or by autograd.


# %% solution="softmax_regression" promises="leaves-inputs, numbers(accuracy), tensors(predict, fit_softmax), any-size(one row)"
def predict(model, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The chances (n, classes) and the likeliest class (n,) of each row; nothing is recorded."""
    with torch.no_grad():
        scores = model(x)
        chances = nn.Softmax(dim=1)(scores)  # ? Softmax | dim=1
    return chances, chances.argmax(dim=1)  # ? argmax | dim=1


def accuracy(classes: torch.Tensor, labels: torch.Tensor) -> float:
    """The share of right answers, as a number."""
    return (classes == labels).float().mean().item()  # ? classes == labels | float | item


def fit_softmax(x, labels, classes: int, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features, classes) and biases (classes,) after so many steps from zeros."""
    ### BEGIN SOLUTION
    w, b = torch.zeros(x.shape[1], classes, dtype=x.dtype), torch.zeros(classes, dtype=x.dtype)
    truth = F.one_hot(labels, classes)
    for _ in range(steps):
        slopes = (torch.softmax(x @ w + b, dim=1) - truth) / len(x)
        w, b = w - lr * x.T @ slopes, b - lr * slopes.sum(dim=0)
    return w, b
    ### END SOLUTION


# %% tests="softmax_regression" points=5
def examples(rng):
    labels = rng.integers(5, low=0, high=2)
    given = {"x": rng.tensor(5, 2), "labels": labels, "classes": 3, "lr": 0.5, "steps": 2}
    yield checks.example(fit_softmax, given, of="fit_softmax")
    yield checks.example(lambda x: predict(lambda x: 2 * x, x), {"x": rng.tensor(3, 4)}, of="predict")
    yield checks.example(accuracy, {"classes": labels, "labels": labels.flip(0)}, of="accuracy")
    one = {"x": torch.tensor([[2.0]]), "labels": torch.tensor([0]), "classes": 2, "lr": 1.0, "steps": 1}
    right = torch.tensor([[1.0, -1.0]]), torch.tensor([0.5, -0.5])
    yield checks.example(fit_softmax, one, size="one row", of="fit_softmax", right=right)


with checks.check("one row, one step", hint="chances of one half each, minus the truth, times the input", points=1):
    x, labels = torch.tensor([[2.0, 0.0]]), torch.tensor([1])
    w, b = fit_softmax(x, labels, 2, 1.0, 1)
    checks.close(w, [[-1.0, 1.0], [0.0, 0.0]], what="weights")
    checks.close(b, [-0.5, 0.5], what="biases")
with checks.check("the class of each row", hint="which class of a row has the largest chance?", points=0.5):
    given = torch.tensor([[0.0, 9.0, 0.0], [1.0, 0.0, 0.5], [0.0, 0.0, 1.0], [2.0, 1.0, 0.0]])
    checks.equal(predict(lambda x: x, given)[1].tolist(), [1, 0, 2, 0])
    checks.close(accuracy(torch.tensor([1, 0, 2, 0]), torch.tensor([1, 0, 0, 0])), 0.75)


### BEGIN HIDDEN TESTS
def by_autograd(x, labels, classes, lr, steps):
    """The same steps, with torch's own loss and gradient."""
    w = torch.zeros(x.shape[1] + 1, classes, dtype=torch.float64, requires_grad=True)
    table = torch.cat([x.double(), torch.ones(len(x), 1)], dim=1)
    for _ in range(steps):
        slope = torch.autograd.grad(F.cross_entropy(table @ w, labels), w)[0]
        w = (w - lr * slope).detach().requires_grad_()
    return w[:-1].detach(), w[-1].detach()


def recorded(predict, x):
    """Chances and classes from a real model, and whether either still has a graph."""
    import torch

    torch.manual_seed(3)
    model = torch.nn.Linear(x.shape[1], 6)
    chances, classes = predict(model, x)
    return model(x).detach(), chances, classes, chances.requires_grad


rng = checks.rng()
with checks.check("chances along the classes", hint="the chances of one row add up to one", points=0.5):
    scores, chances, classes, graph = checks.on_student_side(recorded, predict, rng.tensor(4, 3))
    checks.close(chances, scores.softmax(dim=1), rtol=1e-4, what="chances")
    checks.equal(classes.tolist(), scores.argmax(dim=1).tolist(), what="classes")
    checks.true(not graph, "the chances still have a graph")
with checks.check("a share of right answers, as a number", hint="equal or not, as floats, and their mean", points=0.5):
    for n in (1, 7, 30):
        some, labels = rng.integers(n, low=0, high=2), rng.integers(n, low=0, high=2)
        right = sum(a == b for a, b in zip(some.tolist(), labels.tolist(), strict=True)) / n
        share = accuracy(some, labels)
        checks.close(share, right, what=f"{n} answers")
cases = [
    (*case, rng.uniform(0.2, 0.6)) for case in ((6, 3, 4, 1), (9, 2, 3, 6), (1, 4, 2, 3), (4, 1, 5, 25), (5, 3, 2, 0))
]
with checks.check("any number of rows, classes and steps", points=2.5, hint="chances minus truth, divided by n rows"):
    for n, features, classes, steps, lr in cases:
        x, labels = 2 * rng.tensor(n, features) + 0.5, rng.integers(n, low=0, high=classes - 1)
        right = by_autograd(x, labels, classes, lr, steps)
        what = f"{n} rows, {classes} classes, {steps} steps"
        found = fit_softmax(x, labels, classes, lr, steps)
        for mine, wanted, name in zip(found, right, ("weights", "biases"), strict=True):
            checks.close(mine, wanted, rtol=1e-3, atol=1e-5, what=f"{name}, {what}")
### END HIDDEN TESTS

# %%
w, b = fit_softmax(train_x, train_y, 10, lr=0.5, steps=device.budget(300))
reached["softmax regression"] = accuracy(predict(lambda x: x @ w + b, valid_x)[1], valid_y)
print(f"{reached['softmax regression']:.1%} of 1,000 digits read correctly, with 7,850 numbers")
figure, axes = plt.subplots(1, 10, figsize=(10, 1.3))
for digit, axis in enumerate(axes):
    axis.imshow(w[:, digit].reshape(28, 28), cmap="coolwarm", vmin=-0.6, vmax=0.6)
    axis.set(title=digit, xticks=(), yticks=())

# %% [markdown]
# Red says "ink here speaks for me", blue "against me". Ten stencils, one for each digit; the next part does better.
#
# ## 4 · A helper that says what it takes
#
# Training needs small helpers, and after a month nobody remembers what they take. **Type hints** write it down. Python
# does not check them; editors and programs such as `mypy` do, before it runs, and `typing.get_type_hints` reads them.
#
# | hint | reads |
# |---|---|
# | `Any` | anything at all; the checker looks away |
# | `list[float]`, `dict[str, int]` | a list of floats; a dictionary from names to whole numbers |
# | `Union[str, int]`, or `str \| int` | one of the two |
# | `Names = list[str]` | an *alias*: one more name for a type, to be used in hints |
# | `*names: str` | any number of arguments, **each** of which is a string (so inside, `names` is a tuple of them) |
#
# ### Exercise: types for a log
# difficulty 2/5 · 6 minutes · cards: hint-any, hint-alias, hint-union, hint-star
#
# Fill the hints from the docstrings, in quotes or without; epochs are whole numbers. The bodies are right.


# %% solution="hints"
Losses = list[float]  # ? list[float]


def how_many(thing: Any) -> int:  # ? thing: Any | int
    """How many entries anything has: a tensor, a list, a number (which has one)."""
    return thing.numel() if isinstance(thing, torch.Tensor) else len(thing) if hasattr(thing, "__len__") else 1


def joined(*losses: float) -> Losses:  # ? float | Losses
    """The losses, each given as an argument of its own, as a list of floats."""
    return list(losses)


def last_loss(log: Union[list, dict]) -> float:  # ? Union[list, dict] | float
    """The last loss (a float) of a log that is either a list of losses or a dictionary from epochs to losses."""
    return (list(log.values()) if isinstance(log, dict) else log)[-1]


# %% tests="hints" points=2
def hints_of(function):
    """Each hint of a function in words, in one spelling: "dict or list" for both `Union[list, dict]` and `list | dict`."""
    import types
    import typing

    def said(hint):
        origin, inside = typing.get_origin(hint), [said(one) for one in typing.get_args(hint)]
        if origin in (typing.Union, types.UnionType):
            return " or ".join(sorted(inside))
        name = "Any" if hint is typing.Any else getattr(origin or hint, "__name__", str(hint))
        return f"{name}[{', '.join(inside)}]" if inside else name

    return {name: said(hint) for name, hint in typing.get_type_hints(function).items()}


with checks.check("anything in, a whole number out", hint="`Any`; how many is a whole number", points=0.5):
    checks.equal(how_many([1.5, 2.5]), 2)
    checks.equal(checks.on_student_side(hints_of, how_many), {"thing": "Any", "return": "int"})
### BEGIN HIDDEN TESTS
with checks.check("each loss is a float, together they are a list of them", hint="the hint of *losses is that of one"):
    checks.equal(list(joined(0.5, 0.25)), [0.5, 0.25])
    checks.equal(checks.on_student_side(hints_of, joined), {"losses": "float", "return": "list[float]"})
with checks.check("a list or a dictionary", hint="one of two types: Union[…, …], or a bar between them", points=0.5):
    checks.equal((last_loss([2.0, 1.0]), last_loss({1: 2.0, 2: 0.5})), (1.0, 0.5))
    got = checks.on_student_side(hints_of, last_loss)
    tables = ["dict", *(f"dict[{key}, {value}]" for key in ("int", "Any") for value in ("float", "Any"))]
    known = [f"{table} or {one}" for table in tables for one in ("list", "list[float]", "list[Any]")]
    checks.true(got["log"] in known, "the hint of log: which two types, and what do they hold?")
    checks.equal(got["return"], "float", what="what it returns")
### END HIDDEN TESTS

# %% [markdown]
# ### In your own words

# %% [markdown] question="the_floor" points=2
# **The floor.** A network for ten classes ends in `nn.Softmax(dim=1)` and is trained with `F.cross_entropy`. The
# accuracy is fair, but the loss never falls below 1.46. Where does the floor come from, and what do you change?
#
# ### BEGIN MARK SCHEME
# - 1 point: cross_entropy does a softmax itself, so it gets chances as if they were scores; they lie between 0 and 1,
#   so at best the right one has score 1 and nine have 0.
# - 1 point: the loss is then log(e + 9) − 1 = 1.46; remove the softmax (or use log_softmax with nll_loss).
# - Half an answer: "the learning rate is too small" or "it needs more layers": no point; "softmax twice" without
#   where the number comes from: one point.
# ### END MARK SCHEME

# %% [markdown]
# **Now you can** turn scores into chances safely, price them by cross-entropy and its binary sister, train softmax
# regression without a single layer of PyTorch's, and say in its signature what a function takes.
#
# *Further reading:* Goodfellow, Bengio, Courville, *Deep Learning* (2016), sections 4.1 (overflow) and 6.2.2 (output
# units); *Dive into Deep Learning*, chapter 4 (softmax regression); Szegedy et al., "Rethinking the Inception
# Architecture" (2015), arXiv 1512.00567, section 7 (label smoothing); the documentation of Python's `typing`.
