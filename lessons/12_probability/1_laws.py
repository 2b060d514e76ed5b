# %% [markdown]
# # How sure are you?
# A weather app says "70 % rain", and it stays dry. Was the app wrong? A digit reader says "64 % a zero", and the
# picture is a two. Was *it* wrong? No single case refutes a probability, and yet some are clearly better than others.
# This lesson is about saying precisely how sure one is: laws of chance, fits to data, measures of surprise, and draws
# from a law that nobody can draw from. At the end you judge three readers of digits, made of your own functions.
#
# **How to read this notebook.** Before you run a cell, say what you expect to see. Then run it and look. Cells that
# read `# YOUR CODE HERE` or `____` are yours; the cell below each of them tells you how far you got. No exercise
# needs your answer to another one, so if you get stuck, move on. (Pictures made with your functions have to wait.)
#
# **In this part you will** use laws of counts, draw from any law by hand and with PyTorch, and find a law's moments.
#
# Here are three digits, and what a very simple reader believes about each: it compares the picture with the mean
# picture of each class. **Predict** for each picture where the tallest bar will be.

# %% setup
import math
import random
import time

import matplotlib.pyplot as plt
import numpy as np
import torch
import torch.nn.functional as F

from course import checks, data, device

# %% setup
torch.set_num_threads(1)  # our arrays are small: two threads would mostly wait for each other
digits = data.digits()  # 4,000 pictures to learn from, 1,000 to check with
flat_train, flat_valid = digits.train_x.flatten(1), digits.valid_x.flatten(1)  # (pictures, 784)
mean_pictures = torch.stack([flat_train[digits.train_y == digit].mean(dim=0) for digit in range(10)])


def bars(axis, heights, title="", **options):
    """Draw one bar for each outcome 0, 1, 2, … into an axis."""
    axis.bar(range(len(heights)), heights, **options)
    axis.set_title(title, fontsize=9)
    axis.set_xticks(range(len(heights)))


# %%
beliefs = (-0.1 * torch.cdist(flat_valid, mean_pictures).square()).softmax(dim=1)
figure, axes = plt.subplots(2, 3, figsize=(9, 3.6), height_ratios=(1.3, 1))
for column, place in enumerate((423, 132, 93)):
    axes[0, column].imshow(digits.valid_x[place], cmap="gray_r")
    axes[0, column].set_axis_off()
    bars(axes[1, column], beliefs[place], f"the reader's belief; it is a {digits.valid_y[place]}")
    axes[1, column].set_ylim(0, 1)
figure.tight_layout()

# %% [markdown]
# The reader is sure of the first, and right. It hardly knows the second: no bar is above 0.16. It is fairly sure of the
# third, and wrong. Ten numbers, none below 0, with sum 1: that is a **law**, or **distribution**, over ten outcomes.
#
# ## 1 · Laws of counts
#
# A **random variable** $X$ is a number that chance decides. If its values are separate, its **mass function**
# $p(k) = P(X = k)$ says how likely each is: none below 0, with sum 1. Four laws are behind most of machine learning:
#
# - **Bernoulli**: one trial that succeeds with probability $p$, such as one tossed coin or one classified picture.
#   $P(X = k) = p^k (1-p)^{1-k}$ for $k = 0, 1$. Mean $p$, variance $p(1-p)$.
# - **Categorical**: one trial with several outcomes, such as one roll of a die or one digit. Written as a one-hot
#   vector $x$, its mass is $\prod_j p_j^{x_j}$: the product picks the $p_j$ whose $x_j$ is 1. Its mean is $p$ itself.
#   If all of $n$ outcomes are equally likely, each has mass $1/n$: the **discrete uniform** law.
# - **Binomial**: the number of successes in $n$ independent Bernoulli trials.
# - **Multinomial**: how often each outcome occurs in $n$ independent categorical trials.
#
# Why does the binomial law need a factor in front? One *particular* sequence with $k$ successes, say first all of
# them and then all failures, has the product of its trials' probabilities. But every other order of the same trials
# gives the same count, and $\binom{n}{k} = \frac{n!}{k!\,(n-k)!}$ says how many orders there are. For more than two
# outcomes the number of orders is $\frac{n!}{k_1!\,k_2! \cdots}$. Mean and variance need no such counting: the count
# is a *sum* of $n$ independent Bernoulli variables; means always add up, and so do variances of independent ones.
#
# ### Exercise: how many will it be?
# difficulty 2/5 · 8 minutes · cards: bernoulli, binomial, multinomial, categorical-mass
#
# Fill the blanks. `counts` and `p` have one entry for each outcome. All numbers here are small enough for a float.


# %% solution="mass" promises="numbers"
def binomial(k: int, n: int, p: float) -> float:
    """The probability of k successes in n independent trials, each of which succeeds with probability p."""
    return math.comb(n, k) * p**k * (1 - p) ** (n - k)  # ? math.comb(n, k) | (1 - p) ** (n - k)


def binomial_moments(n: int, p: float) -> tuple[float, float]:
    """The mean and the variance of the number of successes."""
    return n * p, n * p * (1 - p)  # ? n * p@1 | n * p * (1 - p)


def multinomial_mass(counts: list[int], p: list[float]) -> float:
    """The probability that n independent trials give exactly these counts of the outcomes."""
    n = sum(counts)
    same = math.prod(math.factorial(count) for count in counts)  # ? math.factorial(count)
    orders = math.factorial(n) / same  # ? math.factorial(n) / same
    return orders * math.prod(chance**count for chance, count in zip(p, counts, strict=True))  # ? chance**count


# %% tests="mass" points=4
def examples(rng):
    yield checks.example(binomial, {"k": 2, "n": 5, "p": rng.uniform(0.1, 0.9)})
    yield checks.example(binomial_moments, {"n": 7, "p": rng.uniform(0.1, 0.9)})
    yield checks.example(multinomial_mass, {"counts": [1, 0, 2], "p": [0.25, 0.25, 0.5]})


with checks.check("three coins and four dice", hint="how many orders are there?", points=1):
    checks.close(binomial(2, 3, 0.5), 3 / 8, what="two heads in three tosses")
    checks.close(multinomial_mass([1, 1, 1], [0.5, 0.25, 0.25]), 6 / 32, what="each outcome once")
    checks.close(binomial_moments(100, 0.5), (50.0, 25.0), what="a hundred coins: mean and variance")


### BEGIN HIDDEN TESTS
def sequences(outcomes, n):
    """Every sequence of n outcomes, 0 to outcomes - 1."""
    found = [()]
    for _ in range(n):
        found = [(*one, outcome) for one in found for outcome in range(outcomes)]
    return found


rng = checks.rng()
with checks.check("counts of successes, from every sequence of trials", hint="n - k trials fail"):
    for n in (1, 4, 6):
        p = rng.uniform(0.15, 0.35)
        for k in range(n + 1):
            right = sum(math.prod(p if one else 1 - p for one in row) for row in sequences(2, n) if sum(row) == k)
            checks.close(binomial(k, n, p), right, rtol=1e-6, what=f"{k} of {n}")
with checks.check("mean and variance of the count", hint="what has one trial? Then add n of them"):
    for n in (1, 3, 6):
        p = rng.uniform(0.15, 0.35)
        chances = {row: math.prod(p if one else 1 - p for one in row) for row in sequences(2, n)}
        mean = sum(chance * sum(row) for row, chance in chances.items())
        variance = sum(chance * (sum(row) - mean) ** 2 for row, chance in chances.items())
        checks.close(binomial_moments(n, p), (mean, variance), rtol=1e-6, what=f"{n} trials")
with checks.check("counts of three outcomes", hint="orders times the probability of one order; a count may be zero"):
    raw = [rng.uniform(0.2, 1) for _ in range(3)]
    p = [one / sum(raw) for one in raw]
    for counts in ([2, 1, 2], [0, 3, 1], [0, 0, 2], [1, 1, 1]):
        rows = [row for row in sequences(3, sum(counts)) if [row.count(k) for k in range(3)] == counts]
        right = sum(math.prod(p[one] for one in row) for row in rows)
        checks.close(multinomial_mass(counts, p), right, rtol=1e-6, what=f"counts {counts}")
### END HIDDEN TESTS

# %% [markdown]
# Real counts: how many of 20 random validation pictures does the simple reader get right? It is right on 80 % of all,
# so the count should be binomial. **Predict** its mean and standard deviation, and how often all 20 are right.

# %%
hits = (beliefs.argmax(dim=1) == digits.valid_y).float()
rate = hits.mean().item()
counts = hits[torch.randint(1000, (5000, 20), generator=torch.Generator().manual_seed(1))].sum(dim=1).long()
figure, axis = plt.subplots(figsize=(6, 2.6))
bars(axis, counts.bincount(minlength=21) / len(counts), "right answers in a batch of 20", alpha=0.5)
axis.plot([binomial(k, 20, rate) for k in range(21)], "o-", color="black", label="your binomial law")
axis.legend()
mean, variance = binomial_moments(20, rate)
print(f"measured: mean {counts.double().mean():.2f}, deviation {counts.double().std():.2f}")
print(f"your law: mean {mean:.2f}, deviation {variance**0.5:.2f}, from {rate:.3f} for one picture")

# %% [markdown]
# This is where the "± one standard error" in the tables of this course comes from: an accuracy is a count divided by
# $n$, so its standard deviation is $\sqrt{n p (1-p)} / n = \sqrt{p(1-p)/n}$.
#
# If $X$ can be any real number, no single value has a mass of its own. Then a **density** $f$ takes the place of $p$:
# it is nowhere negative, and the area under it is 1. Probabilities are areas, $P(a < X < b) = \int_a^b f(x)\,dx$. A
# density is not a probability and may well be above 1: a uniform law on an interval of length ½ has density 2.
#
# *Further reading:* Bishop, *Pattern Recognition and Machine Learning*, sections 2.1 and 2.2.
#
# ## 2 · From uniform numbers to any law
#
# One function describes both kinds of law, with mass or with density: the **cumulative distribution function** (CDF)
# $F(x) = P(X \le x)$. It climbs from 0 to 1 and never falls. For a law with a density it is the area to the left,
# $F(x) = \int_{-\infty}^x f(t)\,dt$; for a law with masses it is a staircase with one step for each outcome.
#
# Turn the staircase around, and you have a machine that draws. Pick a height $u$ uniformly between 0 and 1, go right
# until you hit the staircase, and read off where you are. A step that is 0.3 high is hit with probability 0.3, so
# each outcome comes out as often as it should. In formulas: the answer is the smallest $k$ with $P(X \le k) \ge u$.

# %%
p = torch.tensor([0.1, 0.3, 0.15, 0.45])
figure, axis = plt.subplots(figsize=(5.5, 2.8))
axis.step([-1, 0, 1, 2, 3, 4], [0, *p.cumsum(dim=0), 1], where="post")
axis.annotate("", xy=(2, 0.5), xytext=(-1, 0.5), arrowprops={"arrowstyle": "->", "color": "crimson"})
axis.annotate("", xy=(2, 0), xytext=(2, 0.5), arrowprops={"arrowstyle": "->", "color": "crimson"})
axis.set(xlim=(-1, 4), ylim=(0, 1.05), xlabel="outcome", ylabel="P(X ≤ k)", title="u = 0.5 becomes outcome 2")
figure.tight_layout()

# %% [markdown]
# The same question, "where does the staircase reach this height?", is asked of *data* every day. When a model answers
# requests, engineers do not look at the mean time alone. The **median** (the 50th percentile, p50) says what a typical
# user sees, and **p95** and **p99** what the unlucky ones see: 99 of 100 requests take at most p99. Here each of the
# $n$ numbers is a step of height $1/n$, and the **percentile** $q$ is the smallest of them for which at least $q$ % are
# no larger. (Libraries also offer percentiles *between* two of the numbers. For a long list it hardly matters.)
#
# ### Exercise: read the staircase from the side
# difficulty 3/5 · 12 minutes · cards: cdf, inverse-cdf, latency-percentiles, median
#
# `inverse_cdf` gets a law `p` (outcomes,) and heights `u` (n,), each above 0 and below 1, and returns n whole
# numbers. The law sums to 1, but only up to rounding: even if the last step ends a hair below some height, the answer
# is an outcome, the last one. Some outcomes may have probability 0, but not the last. `percentile` gets a tensor `x`
# (n,) in no particular order and a `q` above 0 and up to 100, whole or not, and returns one of the numbers in `x`.
#
# hint: For one height: how many of the steps end *below* it? Compare `(n, 1)` with `(outcomes,)` for all at once.
#
# hint: The number with rank $r$, counted from 1, has $r$ of $n$ that are no larger. Which rank is the first that is
# enough? (Mind the rounding: `55 / 100 * 100` is a hair above 55.)


# %% solution="quantiles" promises="leaves-inputs, by-hand(multinomial, quantile, percentile)"
# promises: any-size(one outcome, one number)
def inverse_cdf(p: torch.Tensor, u: torch.Tensor) -> torch.Tensor:
    """For each height in u (n,) the smallest outcome k whose P(X <= k) is at least u."""
    ### BEGIN SOLUTION
    heights = p.cumsum(dim=0)
    return (heights < u[:, None]).sum(dim=1).clamp(max=len(p) - 1)
    ### END SOLUTION


def percentile(x: torch.Tensor, q: float) -> float:
    """The smallest number in x (n,) for which at least q percent of all of x are no larger."""
    ### BEGIN SOLUTION
    rank = math.ceil(q * len(x) / 100)
    return x.sort().values[rank - 1].item()
    ### END SOLUTION


# %% tests="quantiles" points=5
def examples(rng):
    p = torch.tensor([0.25, 0.0, 0.5, 0.25])
    yield checks.example(inverse_cdf, {"p": p, "u": rng.tensor(5, low=0.01, high=0.99)})
    yield checks.example(percentile, {"x": rng.tensor(9), "q": 95})
    single = {"p": torch.tensor([1.0]), "u": torch.tensor([0.3, 0.9])}
    yield checks.example(inverse_cdf, single, size="one outcome", right=lambda p, u: [0, 0])
    yield checks.example(percentile, {"x": torch.tensor([4.0]), "q": 50}, size="one number", right=4.0)


with checks.check("four outcomes", hint="how many steps end below the height?", points=1):
    p, u = torch.tensor([0.125, 0.25, 0.125, 0.5]), torch.tensor([0.1, 0.3, 0.45, 0.9])
    checks.equal(inverse_cdf(p, u), [0, 1, 2, 3])
with checks.check("percentiles of four numbers", hint="sort first; 50 % of 4 numbers are 2 numbers", points=1):
    checks.close([percentile(torch.tensor([30.0, 10.0, 40.0, 20.0]), q) for q in (50, 60, 99)], [20.0, 30.0, 40.0])
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("every height of any staircase", hint="a height that a step reaches exactly belongs to that step"):
    for outcomes in (2, 5, 9):
        raw = rng.integers(64, low=0, high=outcomes - 1)
        drawn = torch.where(raw == (outcomes - 1) // 2, outcomes - 1, raw)  # an outcome with probability zero
        counts = drawn.bincount(minlength=outcomes)
        expanded = drawn.sort().values  # an outcome with the mass 3/64 stands here three times
        places = rng.permutation(64)[:40]
        for part in (1.0, 0.5):  # heights at the end of a step, and within one
            u = (places + part) / 64
            inside = u < 1
            checks.equal(inverse_cdf(counts / 64, u[inside]), expanded[places[inside]], what=f"{outcomes} outcomes")
with checks.check("a staircase that ends a hair below 1", hint="whatever rounding does, the answer is an outcome"):
    law = torch.tensor([0.25, 0.25, 0.4999999])
    checks.equal(inverse_cdf(law, torch.tensor([0.99999994, 0.25])), [2, 0])
with checks.check("percentiles by their definition", hint="the smallest that is enough, and it is one of the numbers"):
    for n, requests in ((1, (1, 50, 100)), (7, (1, 50, 90, 100)), (20, (5, 50, 95, 99)), (200, (50, 95, 99.5))):
        x = rng.tensor(n, low=-5, high=5)
        x = torch.cat([x, x[: n // 4]])  # some numbers twice
        for q in requests:
            right = min(one for one in x.tolist() if 100 * sum(other <= one for other in x.tolist()) >= q * len(x))
            checks.close(percentile(x, q), right, what=f"percentile {q} of {len(x)} numbers")
    checks.close([percentile(1.0 * rng.permutation(100), q) for q in (7, 55)], [6.0, 54.0], what="of 0 to 99")
    checks.close(percentile(1.0 * rng.permutation(200), 99.5), 198.0, what="percentile 99.5 of 0 to 199")
### END HIDDEN TESTS

# %% [markdown]
# Does it draw the law? Below are 10,000 draws beside the exact masses; the thin lines are two standard errors, which
# your binomial law of section 1 gives. **Predict** for how many of ten bars the truth should lie outside them.

# %%
p = torch.tensor([0.02, 0.05, 0.2, 0.08, 0.15, 0.0, 0.25, 0.1, 0.05, 0.1])
u = torch.rand(10_000, generator=torch.Generator().manual_seed(2))
shares = torch.as_tensor(inverse_cdf(p, u)).bincount(minlength=10) / len(u)
figure, axis = plt.subplots(figsize=(6, 2.6))
axis.bar(range(10), shares, yerr=2 * (p * (1 - p) / len(u)).sqrt(), alpha=0.5, label="10,000 draws")
axis.plot(p, "k_", markersize=22, label="exact")
axis.legend(fontsize=8)
outside = ((shares - p).abs() > 2 * (p * (1 - p) / len(u)).sqrt() + 1e-9).sum()
print(f"outside two standard errors: {outside} of 10")

# %% [markdown]
# One in twenty is normal, so none or one of these ten. Outcome 5, with probability 0, must *never* come out.
#
# Now latencies: 400 requests to the simple reader, one picture each. **Predict**: how many times the median is p99?

# %%
times = torch.zeros(400)
for place in range(400):
    began = time.perf_counter()
    torch.cdist(flat_valid[place : place + 1], mean_pictures).argmin()
    times[place] = 1e6 * (time.perf_counter() - began)
print(f"mean {times.mean():.0f} µs", *(f"p{q} {percentile(times, q):.0f} µs" for q in (50, 95, 99, 100)), sep="   ")

# %% [markdown]
# The distribution is **skewed**: it has a long tail to the right, where the machine was busy with something else. A few
# slow requests pull up the mean and leave the median alone. That is why a service level is stated in percentiles, and
# in several of them. A service that needs ten such calls for one page shows *most* of its users something slower than
# p90: all ten are faster only with probability $0.9^{10} = 0.35$. (On a GPU a call only *queues* its kernels and
# returns at once. Call `device.sync()` of this course, or `torch.cuda.synchronize()`, before you read the clock.)
#
# *Further reading:* Dean and Barroso, "The Tail at Scale" (Communications of the ACM, 2013).
#
# ## 3 · The same with PyTorch
#
# `torch.distributions` has a class for each common law, built from its parameters: `sample` draws (the tuple says how
# many), `log_prob` is the logarithm of its mass or density, and there are `mean`, `variance` and `entropy()`.

# %%
coins = torch.distributions.Bernoulli(probs=torch.tensor([0.5, 0.9]))  # two coins in one object
print("five tosses of both:", coins.sample((5,)).tolist())
print("log-probability of two heads:", coins.log_prob(torch.tensor([1.0, 1.0])))
print("means:", coins.mean)

# %% [markdown]
# Laws of outcomes take `probs`, probabilities, or `logits`, real numbers that a sigmoid (for several outcomes, a
# softmax) turns into probabilities. A network's last layer gives logits, and handing these over is more precise.
#
# ### Exercise: draw a class
# difficulty 2/5 · 6 minutes · cards: categorical-sampling, categorical-object
#
# The law over classes is called `Categorical`. Import it by name from its package, and draw. `scores` (rows, classes)
# are the raw outputs of a network; each row is a law of its own.
#
# hint: The cell above finds `Bernoulli` in `torch.distributions`. You need an import: `from package import name`.


# %% solution="categorical" promises="random, leaves-inputs"
from torch.distributions import Categorical  # ? distributions | Categorical


def draw_classes(scores: torch.Tensor, n: int) -> torch.Tensor:
    """n independent classes for each row, drawn by the softmax of its scores: (n, rows)."""
    law = Categorical(logits=scores)  # ? Categorical | logits=scores
    return law.sample((n,))  # ? law.sample((n,))


def surprise_at(scores: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
    """The negative log-probability of one class (rows,) in each row: (rows,)."""
    law = Categorical(logits=scores)  # ? Categorical | logits=scores
    return -law.log_prob(classes)  # ? -law.log_prob(classes)


# %% tests="categorical" points=4
def examples(rng):
    yield checks.example(draw_classes, {"scores": rng.tensor(2, 5), "n": 20})


with checks.check("shapes, and a certain outcome", hint="how many draws does the tuple ask for?", points=1):
    certain = torch.tensor([[0.0, 60.0, 0.0], [60.0, 0.0, 0.0]])
    checks.equal(draw_classes(certain, 4), [[1, 0]] * 4)
with checks.check("surprise at a fair coin", hint="minus the logarithm of one half", points=1):
    checks.close(surprise_at(torch.zeros(1, 2), torch.tensor([1])), [math.log(2)], rtol=1e-4)
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("each row's classes come as often as its softmax says", hint="scores are logits, not probabilities"):
    scores = torch.tensor([[2.0, -1.0, 0.5, 0.2], [-2.7, 0.0, -2.0, -1.5]]) + rng.tensor(2, 4, low=0, high=0.3)
    draws = checks.doubles(draw_classes(scores, 3000))
    checks.shape(draws, 3000, 2)
    chances = scores.double().exp() / scores.double().exp().sum(dim=1, keepdim=True)
    comes = (draws[:, :, None] == torch.arange(4)).double()
    pair, of_pair = comes[:, 0, 0] * comes[:, 1, 1], chances[0, 0] * chances[1, 1]
    for share, right, what in ((comes.mean(dim=0), chances, "a class"), (pair.mean(), of_pair, "a pair of classes")):
        off = (share - right).abs() / (right * (1 - right) / 3000).sqrt()
        checks.true((off < 5).all(), f"{what} comes too often or too rarely")
with checks.check("the surprise at any class", hint="log_prob of the classes, with a minus"):
    scores, classes = rng.tensor(6, 4) * 2, rng.integers(6, low=0, high=3)
    right = [math.log(sum(math.exp(s) for s in row)) - row[k] for row, k in zip(scores.tolist(), classes, strict=True)]
    checks.close(surprise_at(scores, classes), right, rtol=1e-4, atol=1e-5)
### END HIDDEN TESTS

# %% [markdown]
# ## 4 · What to expect
#
# The **expectation** of $X$ is the mean of its values, weighted with their probabilities: $E[X] = \sum_x x\,p(x)$, or
# $\int x f(x)\,dx$. What about $E[X^2]$, or $E[\text{what you win if } X \text{ comes}]$? One could first find the
# law of the new variable. Nobody does. One averages the function under the law that is known already:
#
# $$E[g(X)] = \sum_x g(x)\, p(x)$$
#
# It is used without thinking, hence **law of the unconscious statistician**, LOTUS. Four such numbers describe a law:
#
# - its **mean** $\mu = E[X]$;
# - its **variance** $\sigma^2 = E[(X - \mu)^2]$, or $E[X^2] - \mu^2$; $\sigma$ is the standard deviation;
# - its **skewness** $E[((X - \mu)/\sigma)^3]$: 0 for a symmetric law, positive if the long tail is on the right;
# - its **kurtosis** $E[((X - \mu)/\sigma)^4]$: how much of the spread comes from rare, far values. A normal law has
#   3, whatever its mean and variance. (Some libraries subtract that 3 and call the rest *excess* kurtosis.)
#
# And if you cannot average at once, average in two stages: $E[X] = E\bigl[E[X \mid Y]\bigr]$, first within each
# group, then over the groups, weighted by how likely they are. That is the **law of iterated expectation**.
#
# ### Exercise: four numbers for a law
# difficulty 3/5 · 10 minutes · cards: expectation, lotus, variance, skewness-kurtosis
#
# $X$ takes the `values` (k,), some perhaps listed twice, with the probabilities `p` (k,). `g` takes one Python number,
# any of the values, and returns one. At least two different values can occur.
#
# hint: Three of the four moments are expectations of a function. Could `expectation` find them?


# %% solution="moments" promises="leaves-inputs, numbers, no-trace"
def expectation(g, values: torch.Tensor, p: torch.Tensor) -> float:
    """E[g(X)]."""
    ### BEGIN SOLUTION
    return sum(chance * g(value) for value, chance in zip(values.tolist(), p.tolist(), strict=True))
    ### END SOLUTION


def moments(values: torch.Tensor, p: torch.Tensor) -> tuple[float, float, float, float]:
    """Mean, variance, skewness and kurtosis (3 for a normal law)."""
    ### BEGIN SOLUTION
    mean = expectation(lambda x: x, values, p)
    variance = expectation(lambda x: (x - mean) ** 2, values, p)
    deviation = math.sqrt(variance)
    skewness = expectation(lambda x: ((x - mean) / deviation) ** 3, values, p)
    kurtosis = expectation(lambda x: ((x - mean) / deviation) ** 4, values, p)
    return mean, variance, skewness, kurtosis
    ### END SOLUTION


# %% tests="moments" points=4
def of_polynomial(expectation, coefficients, values, p):
    """The expectation of a polynomial with these coefficients: of 1, x, x² and so on."""
    return expectation(lambda x: float(sum(c * x**k for k, c in enumerate(coefficients))), values, p)


def of_table(expectation, wins, values, p):
    """What one wins on average, by a table that knows numbers only."""
    return expectation(lambda x: wins[x], values, p)


def examples(rng):
    found = lambda values, p: checks.on_student_side(of_polynomial, expectation, [1.0, 2.0, 3.0], values, p)
    yield checks.example(found, {"values": rng.tensor(3), "p": torch.tensor([0.25, 0.25, 0.5])})
    yield checks.example(moments, {"values": rng.tensor(3), "p": torch.tensor([0.25, 0.25, 0.5])})


with checks.check("the square of a loaded coin", hint="each value's square, times its probability", points=1):
    two, loaded = torch.tensor([1.0, 3.0]), torch.tensor([0.25, 0.75])
    checks.close(checks.on_student_side(of_polynomial, expectation, [0.0, 0.0, 1.0], two, loaded), 7.0, rtol=1e-5)
    checks.close(moments(two, torch.tensor([0.5, 0.5])), (2.0, 1.0, 0.0, 1.0), rtol=1e-4, atol=1e-5, what="a fair coin")
### BEGIN HIDDEN TESTS
rng = checks.rng()


def law(rng, k):
    """Values, their probabilities, and the same law as a long list of equally likely numbers."""
    values = 1.5 * torch.arange(k) - k + rng.tensor(k, low=-0.5, high=0.5)
    values = torch.cat([values, values[:1], values[:1] + 50])  # the first one twice, and one that never comes
    drawn = torch.cat([torch.arange(k + 1), rng.integers(63 - k, low=0, high=k)])
    return values, drawn.bincount(minlength=k + 2) / 64, values[drawn].double()


with checks.check("the expectation of any function", hint="the function first, the mean afterwards"):
    for coefficients in ([0.0, 1.0], [2.0, -1.0, 0.5], [0.0, 0.0, 0.0, 1.0, -0.25]):
        values, p, long = law(rng, 5)
        right = sum(c * long**k for k, c in enumerate(coefficients)).mean()
        got = checks.on_student_side(of_polynomial, expectation, coefficients, values, p)
        checks.close(got, right, rtol=1e-4, atol=1e-4)
    wins = {value: rng.uniform(-5, 5) for value in values.tolist()}
    got = checks.on_student_side(of_table, expectation, wins, values, p)
    checks.close(got, sum(wins[one] for one in long.tolist()) / 64, rtol=1e-4, atol=1e-4, what="a table of wins")
with checks.check("mean and variance of any law", hint="squared distances from the mean, weighted"):
    for k in (2, 3, 8):
        values, p, long = law(rng, k)
        checks.close(moments(values, p)[:2], (long.mean(), long.var(correction=0)), rtol=1e-4, atol=1e-4)
with checks.check("skewness and kurtosis of any law", hint="in units of the standard deviation"):
    for k in (2, 3, 8):
        values, p, long = law(rng, k)
        units = (long - long.mean()) / long.std(correction=0)
        for sign in (1, -1):
            right = (sign * (units**3).mean(), (units**4).mean())
            checks.close(moments(sign * values, p)[2:], right, rtol=1e-3, atol=1e-3)
### END HIDDEN TESTS

# %% [markdown]
# How much ink has a digit? **Predict** which class needs the least, and check the law of iterated expectation: the
# mean of the class means, weighted by how many of each class there are, and the mean over all pictures.

# %%
ink, chosen = flat_valid.sum(dim=1), torch.arange(1000) % 7 != 0  # leave some out: classes of different sizes
weights = digits.valid_y[chosen].bincount(minlength=10) / chosen.sum()
within = torch.stack([ink[chosen & (digits.valid_y == digit)].mean() for digit in range(10)])
print("ink of each class:", [round(one, 1) for one in within.tolist()])
print(f"in two stages {expectation(lambda x: x, within, weights):.4f}, at once {ink[chosen].mean():.4f}")
for name, numbers in (("ink", ink), ("latency", times)):
    print(f"{name:8}", [round(one, 2) for one in moments(numbers, torch.full((len(numbers),), 1 / len(numbers)))])

# %% [markdown]
# The ink is nearly normal in shape (a bit of skewness, kurtosis near 3); the latencies are anything but. Where a
# kurtosis is in the tens or hundreds, one value far out decides everything, and a mean of a few runs says little.
#
# *Further reading:* PyTorch, `torch.distributions`; *Mathematics for Machine Learning*, sections 6.1, 6.2 and 6.4.
#
# **Now you can** find the chance of any count, draw from any discrete law, read percentiles, and average any function.
