# %% [markdown]
# ## 5 · The bell
#
# **In this part you will** compute with Gaussians in one dimension and in many, fit a law to data by maximum
# likelihood, let a prior learn from counts, and hold weights small by ridge and lasso.
#
# Add up many small independent effects, and whatever their laws are, the sum comes close to one and the same shape.
# (That is the **central limit theorem**; each effect needs a finite variance, and none may dominate.) **Predict** how
# many uniform numbers it takes until you cannot see a difference.

# %%
generator = torch.Generator().manual_seed(3)
figure, axes = plt.subplots(1, 4, figsize=(10, 2.3), sharey=True)
grid = torch.linspace(-3.5, 3.5, 200)
for axis, n in zip(axes, (1, 2, 4, 12), strict=True):
    sums = (torch.rand(40_000, n, generator=generator).sum(dim=1) - n / 2) / (n / 12) ** 0.5  # mean 0, variance 1
    axis.hist(sums, bins=60, density=True, alpha=0.5)
    axis.plot(grid, (-(grid**2) / 2).exp() / math.sqrt(2 * math.pi), "k")
    axis.set_title(f"sum of {n}", fontsize=9)
figure.tight_layout()

# %% [markdown]
# The black curve is the **normal** or **Gaussian** density with mean $\mu$ and standard deviation $\sigma$:
#
# $$f(x) = \frac{1}{\sigma\sqrt{2\pi}}\, e^{-\frac{(x-\mu)^2}{2\sigma^2}}$$
#
# Its CDF has no simple formula, but computers know a function for it:
# $F(x) = \frac12\bigl(1 + \operatorname{erf} \frac{x - \mu}{\sigma\sqrt2}\bigr)$, with `math.erf`. Three shares are
# worth knowing by heart, the **three-sigma rule**: 68 % of the law lies within one $\sigma$ of the mean, 95 % within
# two, 99.7 % within three.
#
# In $d$ dimensions the mean is a vector and the variance becomes a matrix: the **covariance** $\Sigma$, whose entry
# $(i, j)$ is $E[(X_i - \mu_i)(X_j - \mu_j)]$, with the variances on its diagonal. The *logarithm* of the density is
# what one computes, since the density itself soon leaves what a float can hold:
#
# $$\log f(x) = -\tfrac12 \bigl( (x-\mu)^\top \Sigma^{-1} (x-\mu) + \log\det\Sigma + d \log 2\pi \bigr)$$
#
# The first term is a squared distance, measured in standard deviations along each direction (**Mahalanobis
# distance**). And a property that makes Gaussians so handy: every linear combination $w \cdot X$ of a Gaussian is
# Gaussian again. Its mean is $w \cdot \mu$; its variance adds up all pairs,
# $\sum_{ij} w_i w_j \Sigma_{ij}$.
#
# ### Exercise: Gaussian in any direction
# difficulty 2/5 · 8 minutes · cards: gaussian-density, multivariate-gaussian, linear-combination, three-sigma
#
# Fill the blanks. `x` is (n, d), one point in each row; `mean` (d,), `cov` (d, d).


# %% solution="gaussian" promises="leaves-inputs, any-float"
def log_normal(x: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> torch.Tensor:
    """The log density (n,) of the Gaussian with this mean and covariance at each row of x."""
    away = x - mean
    distance = (away @ torch.linalg.inv(cov) * away).sum(dim=1)  # ? torch.linalg.inv(cov) | away@2
    return -0.5 * (distance + torch.logdet(cov) + x.shape[1] * math.log(2 * math.pi))  # ? -0.5 | x.shape[1]


def share_between(low: float, high: float, mean: float, std: float) -> float:
    """The probability that a normal variable lies between low and high."""
    below = lambda x: 0.5 * (1 + math.erf((x - mean) / (std * math.sqrt(2))))  # ? (x - mean) / (std * math.sqrt(2))
    return below(high) - below(low)  # ? below(high) - below(low)


def combined(w: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and standard deviation of w · X, for a Gaussian X with this mean and covariance."""
    return w @ mean, (w @ cov @ w).sqrt()  # ? (w @ cov @ w).sqrt()


# %% tests="gaussian" points=4
def law(rng, d):
    """A mean and a covariance, positive definite and without zeros."""
    a = rng.tensor(d, d, dtype=torch.float64)
    return rng.tensor(d, dtype=torch.float64), a @ a.T + torch.eye(d, dtype=torch.float64)


def examples(rng):
    mean, cov = law(rng, 2)
    yield checks.example(log_normal, {"x": rng.tensor(4, 2), "mean": mean.float(), "cov": cov.float()})
    yield checks.example(combined, {"w": rng.tensor(2), "mean": mean.float(), "cov": cov.float()})


with checks.check("one dimension, at the mean and one deviation away", hint="put d = 1 into the formula", points=1):
    top = -math.log(2 * math.sqrt(2 * math.pi))
    got = log_normal(torch.tensor([[3.0], [5.0]]), torch.tensor([3.0]), torch.tensor([[4.0]]))
    checks.close(got, [top, top - 0.5], rtol=1e-4)
    checks.close(share_between(1.0, 5.0, 3.0, 2.0), 0.6827, rtol=1e-4, what="within one deviation")
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("log densities in any dimension", hint="each row's own distance; how many dimensions?"):
    for d in (1, 2, 5):
        mean, cov = law(rng, d)
        x = mean + 2 * rng.tensor(6, d, dtype=torch.float64)
        values, axes = torch.linalg.eigh(cov)  # along its axes a Gaussian is a product of one-dimensional ones
        along = (x - mean) @ axes
        right = (-(along**2) / (2 * values) - 0.5 * (2 * math.pi * values).log()).sum(dim=1)
        checks.close(log_normal(x, mean, cov), right, rtol=1e-5, atol=1e-6, what=f"{d} dimensions")
with checks.check("shares between any two bounds", hint="in units of the deviation, from the mean"):
    for _ in range(3):
        mean, std, low = rng.uniform(-3, 3), rng.uniform(0.3, 4), rng.uniform(-4, 0)
        high = low + rng.uniform(0.5, 5)
        t = np.linspace(low, high, 20_001)
        f = np.exp(-((t - mean) ** 2) / (2 * std**2)) / (std * np.sqrt(2 * np.pi))
        checks.close(share_between(low, high, mean, std), np.trapezoid(f, t), rtol=1e-4, atol=1e-6)
with checks.check("linear combinations", hint="all pairs, each with both weights; a deviation is a root"):
    w, cov = torch.tensor([1.0, -2.0]), torch.tensor([[3.0, 1.0], [1.0, 2.0]])  # the pairs have weights of both signs
    checks.close(combined(w, torch.zeros(2), cov)[1], math.sqrt(7), rtol=1e-4, what="deviation")
    for d in (2, 4):
        (mean, cov), w = law(rng, d), rng.tensor(d, dtype=torch.float64)
        pairs = sum(w[i] * w[j] * cov[i, j] for i in range(d) for j in range(d))
        got = combined(w, mean, cov)
        checks.close(got[0], sum(w[i] * mean[i] for i in range(d)), rtol=1e-6, atol=1e-9, what="mean")
        checks.close(got[1], float(pairs) ** 0.5, rtol=1e-6, what="deviation")
### END HIDDEN TESTS

# %% [markdown]
# Two measures of a digit, the ink in its upper and in its lower half, are correlated. **Predict** the sign,
# and how the deviations of sum and difference compare.

# %%
halves = torch.stack([flat_train[:, :392].sum(dim=1), flat_train[:, 392:].sum(dim=1)], dim=1)
centre, cov = halves.mean(dim=0), halves.T.cov()
figure, axis = plt.subplots(figsize=(4.6, 3))
axis.plot(*halves[:1000].T, ".", markersize=2)
across, up = torch.meshgrid(torch.linspace(0, 160, 60), torch.linspace(0, 160, 60), indexing="xy")
heights = log_normal(torch.stack([across, up], dim=-1).reshape(-1, 2), centre, cov)
axis.contour(across, up, heights.reshape(60, 60), levels=(-14, -12, -10, -9), colors="black", linewidths=0.8)
axis.set(xlabel="ink above", ylabel="ink below", title="1,000 digits, and the Gaussian of 4,000")
for name, w in (("sum", torch.tensor([1.0, 1.0])), ("difference", torch.tensor([1.0, -1.0]))):
    print(f"{name:11} law {combined(w, centre, cov)[1]:.2f}   measured {(halves @ w).std():.2f}")

# %% [markdown]
# Positive: who writes with a thick pen does so above and below. The covariance enters the sum with a plus and the
# difference with a minus, which is why the difference is the narrower of the two.
#
# Independence says more than correlation 0: $P(A, B) = P(A)\,P(B)$ for all events of the two. And it depends on what
# is known. Given the thickness of the pen, the two halves would tell much less about each other: dependent variables
# may be **conditionally independent**, $P(A, B \mid C) = P(A \mid C)\,P(B \mid C)$. In section 17 a classifier bets
# on exactly that.
#
# *Further reading:* *Mathematics for Machine Learning*, section 6.5 (Gaussian distribution); Bishop, section 2.3.
#
# ## 6 · The law that fits best
#
# Now the other way round: the data are there, the law is wanted. Choose a family, say all normal laws, and ask how
# probable each member makes the data. Read as a function of the *parameters*, this is the **likelihood**: a product
# over the observations, of masses or of densities. The parameters that make it largest are the **maximum likelihood
# estimate** (MLE).
#
# A product of 4,000 densities underflows, so one takes logarithms, and as optimisers minimise, one turns the sign:
# the **negative log-likelihood** (NLL), here as the mean over the observations,
#
# $$\text{NLL}(\mu, \sigma) = -\frac1n \sum_i \log f(x_i) =
# \log\sigma + \tfrac12\log 2\pi + \frac{1}{n}\sum_i \frac{(x_i-\mu)^2}{2\sigma^2}$$
#
# It can be minimised on paper: set the derivatives to zero. Or by gradient descent; but then nothing stops a step
# from making $\sigma$ negative. The trick is to **reparameterise**: let $s = \log\sigma$, which may be any number,
# and descend in $\mu$ and $s$.
#
# ### Exercise: fit a bell
# difficulty 3/5 · 12 minutes · cards: likelihood, mle, nll, reparameterise
#
# `mean` and `log_std` are tensors without axes, `x` is (n,) with $n \ge 1$. `nll` is what gradient descent will go
# down. `fit_normal` gives the minimum of the NLL at once: solve it on paper. With a single observation the best
# $\sigma$ is 0.
#
# hint: The derivative with respect to $\sigma$ is zero where $\sigma^2$ equals a mean over the observations. By how
# many is it divided?


# %% solution="fit" promises="leaves-inputs, differentiable(mean, log_std), any-float, any-size(one number)"
def nll(x: torch.Tensor, mean: torch.Tensor, log_std: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood of x under the normal law with this mean and standard deviation exp(log_std)."""
    ### BEGIN SOLUTION
    units = (x - mean) / log_std.exp()
    return log_std + 0.5 * math.log(2 * math.pi) + 0.5 * (units**2).mean()
    ### END SOLUTION


def fit_normal(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and standard deviation of the normal law with the highest likelihood."""
    ### BEGIN SOLUTION
    mean = x.mean()
    return mean, ((x - mean) ** 2).mean().sqrt()
    ### END SOLUTION


# %% tests="fit" points=5
def examples(rng):
    mean, log_std = rng.tensor(), rng.tensor() / 2
    yield checks.example(nll, {"x": rng.tensor(6), "mean": mean, "log_std": log_std})
    yield checks.example(fit_normal, {"x": rng.tensor(6)})
    single = {"x": torch.tensor([2.0]), "mean": torch.tensor(2.0), "log_std": torch.tensor(0.0)}
    yield checks.example(nll, single, size="one number", right=0.5 * math.log(2 * math.pi))
    yield checks.example(fit_normal, {"x": torch.tensor([2.0])}, size="one number", right=lambda x: (2.0, 0.0))


with checks.check("a standard normal law", hint="what is left of the formula for σ = 1?", points=1):
    got = nll(torch.tensor([1.0, -1.0, 2.0]), torch.tensor(0.0), torch.tensor(0.0))
    checks.close(got, 0.5 * math.log(2 * math.pi) + 1.0, rtol=1e-4)
with checks.check("a fit to four numbers", hint="the NLL has its minimum where its derivative is 0", points=1):
    checks.close(fit_normal(torch.tensor([1.0, 3.0, 5.0, 7.0])), (4.0, math.sqrt(5)), rtol=1e-4)
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("the NLL of any law, as the sum of its parts", points=2, hint="σ is exp(log_std); a mean, not a sum"):
    for n in (1, 4, 9):
        x, mean, log_std = rng.tensor(n) * 2, rng.tensor() + 1, rng.tensor()
        m, s = mean.item(), math.exp(log_std.item())
        density = [math.exp(-((v - m) ** 2) / (2 * s**2)) / (s * math.sqrt(2 * math.pi)) for v in x.double().tolist()]
        if min(density) > 0:
            right = -sum(math.log(one) for one in density) / n
            checks.close(nll(x, mean, log_std), right, rtol=1e-3, atol=1e-4, what=f"{n} numbers")
    narrow = nll(torch.tensor([1.01, 0.99]), torch.tensor(1.0), torch.tensor(-2.0))
    checks.close(narrow, -2 + 0.5 * math.log(2 * math.pi) + 5e-5 * math.exp(4), rtol=1e-3, what="a narrow bell")
    x = torch.cat([3 + rng.tensor(2000), torch.tensor([60.0])])  # no float holds the product of so many densities
    right = 0.5 * (math.log(2 * math.pi) + (x.double() - 3).square().mean())
    checks.close(nll(x, torch.tensor(3.0), torch.tensor(0.0)), right, rtol=1e-3, what="many numbers, one far away")
with checks.check("no other normal law is more likely", hint="divide by n: the likelihood knows nothing of n − 1"):
    for n in (2, 3, 7):
        x = rng.tensor(n, dtype=torch.float64) * 3 + rng.uniform(-5, 5)
        mean, std = (float(checks.doubles(one)) for one in fit_normal(x))
        score = lambda m, s, x=x: -torch.distributions.Normal(m, s).log_prob(x).mean().item()
        best = score(mean, std)
        for m, s in ((mean + 0.02, std), (mean - 0.02, std), (mean, 1.02 * std), (mean, 0.98 * std)):
            checks.true(best < score(m, s), f"a law with mean {m:.3f} and deviation {s:.3f} is more likely")
### END HIDDEN TESTS

# %% [markdown]
# Both ways to the same place: gradient descent on your `nll`, from a bad start, and your formula. **Predict** which
# of the two parameters arrives first. (At the start the bell stands far from most of the data, and is much too
# narrow for that.)

# %%
x = halves[:, 0]
mean, log_std = torch.tensor(20.0, requires_grad=True), torch.tensor(2.0, requires_grad=True)
path = []
for _ in range(300):
    slopes = torch.autograd.grad(nll(x, mean, log_std), (mean, log_std))
    with torch.no_grad():
        mean -= 10.0 * slopes[0]  # a rate for each, since their units differ
        log_std -= 0.05 * slopes[1].clamp(-5, 5)
    path.append((mean.item(), math.exp(log_std.item())))
figure, axis = plt.subplots(figsize=(5.5, 2.6))
axis.plot(path, label=["mean", "deviation"])
for target in fit_normal(x):
    axis.axhline(float(target), color="black", linestyle=":")
axis.set(xlabel="step", title="descending the NLL (dotted: your formula)")
axis.legend()
print("after 300 steps:", [round(one, 3) for one in path[-1]])
print("by the formula:", [round(float(one), 3) for one in fit_normal(x)])

# %% [markdown]
# The deviation: within twenty steps it even overshoots, since a bell in the wrong place has to be wide, and then it comes
# back as the mean closes in.
#
# The MLE of the variance divides by $n$ and is a little too small on average (by the factor $(n-1)/n$), because
# deviations are taken from the sample's own mean. `x.std()` divides by $n - 1$ and repairs that for the variance. The
# likelihood has no opinion on the matter; it asks for the peak.
#
# Two old friends are maximum likelihood fits in disguise. **Least squares**: let $y = w \cdot x + \text{noise}$ with
# normal noise of constant variance. Then the NLL is the sum of the squared **residuals** $y - w \cdot x$, up to a
# factor and a constant. (*Linear* means linear in $w$; the features in $x$ may be squares, sines, anything.)
# **Cross-entropy**: the NLL of categorical labels, with probabilities from a softmax. That is why these two losses
# are everywhere.
#
# *Further reading:* *Mathematics for Machine Learning*, sections 8.3 and 9.2 (parameter estimation, maximum
# likelihood).
#
# ## 7 · A prior, and what data do to it
#
# A coin shows heads in 3 of 3 tosses. The MLE says $p = 1$: tails never happens. Nobody believes that, because we
# know something about coins beforehand. **Bayes' rule** puts it in: a **prior** law over $p$, times the likelihood,
# divided by whatever makes the area 1, is the **posterior**.
#
# For coins there is a family of priors made for the purpose: the **Beta** law on the interval from 0 to 1,
#
# $$f(p) = \frac{\Gamma(a+b)}{\Gamma(a)\,\Gamma(b)}\; p^{a-1} (1-p)^{b-1} \qquad
# \text{mean } \frac{a}{a+b} \qquad \text{variance } \frac{ab}{(a+b)^2 (a+b+1)}$$
#
# $a = b = 1$ is the uniform law. Multiply it by the likelihood of $h$ heads and $t$ tails, $p^h (1-p)^t$, and look at
# the exponents: the result is a Beta law again. A prior whose posterior stays in the family is called **conjugate**.
#
# ### Exercise: tosses become beliefs
# difficulty 2/5 · 7 minutes · cards: beta-density, beta-moments, conjugate-prior
#
# Fill the blanks. `math.lgamma` is $\log\Gamma$. Sums of logarithms hold where products overflow: after 200 tosses
# from Beta(2, 2), $\Gamma(204)$ is more than a float can hold. The first two functions should also work entry by
# entry on tensors.


# %% solution="beta" promises="leaves-inputs"
def posterior(a, b, heads, tails):
    """The parameters of the Beta law after these tosses, from the prior Beta(a, b)."""
    return a + heads, b + tails  # ? a + heads, b + tails


def beta_moments(a, b):
    """Mean and variance of Beta(a, b)."""
    mean = a / (a + b)  # ? a / (a + b)
    return mean, mean * (1 - mean) / (a + b + 1)  # ? a + b + 1


def beta_log_density(p: float, a: float, b: float) -> float:
    """The logarithm of the density of Beta(a, b) at p."""
    constant = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)  # ? math.lgamma(a + b)
    return constant + (a - 1) * math.log(p) + (b - 1) * math.log(1 - p)  # ? a - 1 | (b - 1) * math.log(1 - p)


# %% tests="beta" points=4
def examples(rng):
    counts = {"heads": rng.integers(3, low=0, high=9), "tails": rng.integers(3, low=0, high=9)}
    yield checks.example(posterior, {"a": 1.0, "b": 2.0, **counts})
    yield checks.example(posterior, {"a": torch.tensor([1.0, 2.0, 0.5]), "b": torch.ones(3), **counts})


with checks.check("three heads in three tosses", hint="count them to the exponents", points=1):
    checks.close(posterior(1.0, 1.0, 3, 0), (4.0, 1.0))
    checks.close(beta_moments(4.0, 1.0), (0.8, 4 / 150), rtol=1e-5, what="mean and variance")
    checks.close(beta_log_density(0.5, 4.0, 1.0), math.log(0.5), rtol=1e-5, what="log density at ½")


### BEGIN HIDDEN TESTS
def on_grid(a, b, heads, tails):
    """Points, and the posterior density there: prior times likelihood, made to have the area 1."""
    p = np.linspace(0, 1, 40_001)[1:-1]
    log = (a - 1 + heads) * np.log(p) + (b - 1 + tails) * np.log(1 - p)
    f = np.exp(log - log.max())
    return p, f / np.trapezoid(f, p)


rng = checks.rng()
cases = [(rng.uniform(2, 3), rng.uniform(4, 6), rng.integer(4, 9), rng.integer(0, 3)) for _ in range(3)]
with checks.check("posteriors, from prior times likelihood", hint="which exponent counts the tails?"):
    for a, b, heads, tails in cases:
        p, f = on_grid(a, b, heads, tails)
        mean = np.trapezoid(p * f, p)
        after = [float(checks.doubles(one)) for one in posterior(a, b, heads, tails)]
        checks.close(after[0] / sum(after), mean, rtol=1e-4, what="mean of the posterior")
        checks.close(sum(after), a + b + heads + tails, rtol=1e-6, what="both parameters together")
    heads, tails = rng.integers(4, low=0, high=9), rng.integers(4, low=0, high=9)
    checks.close(posterior(2.0, 3.0, heads, tails), (2.0 + heads, 3.0 + tails), what="tensors of counts")
with checks.check("mean and variance of any Beta law", hint="both are in the formula above"):
    for a, b, *_ in cases:
        p, f = on_grid(a, b, 0, 0)
        mean = np.trapezoid(p * f, p)
        checks.close(beta_moments(a, b), (mean, np.trapezoid((p - mean) ** 2 * f, p)), rtol=1e-3)
    a, b = rng.tensor(4, low=1, high=9), rng.tensor(4, low=1, high=9)
    checks.close(beta_moments(a, b), (a / (a + b), a * b / ((a + b) ** 2 * (a + b + 1))), rtol=1e-4, what="tensors")
with checks.check("log densities of any Beta law", hint="the exponents are one less; Γ(a + b) stands on top"):
    for a, b, *_ in [*cases, (162.0, 42.0)]:
        p, f = on_grid(a, b, 0, 0)
        for place in (8_000, 20_000, 30_000):
            got = beta_log_density(float(p[place]), a, b)
            checks.close(got, np.log(f[place]), rtol=1e-4, atol=1e-4, what=f"Beta({a:g}, {b:g})")
### END HIDDEN TESTS

# %%
grid = np.linspace(0.002, 0.998, 300)
figure, axis = plt.subplots(figsize=(6, 2.6))
for heads, tails in ((0, 0), (3, 0), (12, 8), (160, 40)):
    after = posterior(2.0, 2.0, heads, tails)
    axis.plot(grid, [math.exp(beta_log_density(p, *after)) for p in grid], label=f"{heads} heads, {tails} tails")
axis.set(xlabel="p", title="what is believed about a coin, from the prior Beta(2, 2)")
axis.legend(fontsize=8)
print("after 3 of 3: the MLE says 1, the posterior mean", round(beta_moments(*posterior(2.0, 2.0, 3, 0))[0], 3))

# %% [markdown]
# The prior acts like $a + b$ tosses that were seen before. It decides when there are three real tosses, and drowns
# when there are two hundred. And only the *counts* enter, not the order of the tosses: they are a **sufficient
# statistic**. (A method that keeps all of the data instead, as nearest neighbours do, is called **nonparametric**.)
#
# Priors are also what stands behind two famous penalties. Believe that the weights of a linear model are small, put a
# prior with its peak at 0 on each, and look for the most probable weights. Up to constants you minimise
#
# - **ridge**: $\|y - Xw\|^2 + \lambda \|w\|^2$, from a normal prior. As for least squares, the gradient is zero at the solution of a
#   linear system.
# - **lasso**: $\tfrac12\|y - Xw\|^2 + \lambda \sum_j |w_j|$, from a Laplace prior with its sharp peak at 0. Its
#   corner makes many weights *exactly* zero.
#
# The lasso has no formula for all weights together, but one for each weight with the others held still. Let $r$ be
# the residual *without* feature $j$, and $\rho = x_j \cdot r$. Then the best $w_j$ is $\rho$, pulled towards 0 by
# $\lambda$ (and 0 itself if $|\rho| \le \lambda$), divided by $x_j \cdot x_j$. Go round and round until nothing
# moves: **coordinate descent**.
#
# ### Exercise: small weights
# difficulty 4/5 · 15 minutes · cards: ridge, lasso, l1-l2
#
# All tensors are float64: `x` (n, d), `y` (n,). No column of `x` is zero. `penalty` is $\lambda > 0$. A weight that
# should be zero must be exactly 0; the others need four correct digits. The columns may be correlated, two of them by
# up to 0.95, so go round a few hundred times.
#
# hint: `torch.linalg.solve(a, b)` solves $a w = b$. Which matrix is `a` for ridge?
#
# hint: Pulled towards 0: a $\rho$ of 5 becomes $5 - \lambda$, a $\rho$ of −5 becomes $-5 + \lambda$.


# %% solution="shrink" promises="leaves-inputs, any-size(one feature, more features than rows)"
def ridge(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    """The weights (d,) that minimise the squared error plus penalty times the squared norm of the weights."""
    ### BEGIN SOLUTION
    return torch.linalg.solve(x.T @ x + penalty * torch.eye(x.shape[1], dtype=x.dtype), x.T @ y)
    ### END SOLUTION


def lasso(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    """The weights (d,) that minimise half the squared error plus penalty times the sum of their sizes."""
    ### BEGIN SOLUTION
    w = torch.zeros(x.shape[1], dtype=x.dtype)
    for _ in range(500):
        for j in range(len(w)):
            w[j] = 0.0
            rho = x[:, j] @ (y - x @ w)
            w[j] = rho.sign() * (rho.abs() - penalty).clamp(min=0) / (x[:, j] @ x[:, j])
    return w
    ### END SOLUTION


# %% tests="shrink" points=5
def examples(rng):
    x, y = rng.tensor(6, 2, dtype=torch.float64), rng.tensor(6, dtype=torch.float64)
    yield checks.example(ridge, {"x": x, "y": y, "penalty": 0.5})
    yield checks.example(lasso, {"x": x, "y": y, "penalty": 0.5})
    one = {"x": torch.tensor([[1.0], [1.0]]).double(), "y": torch.tensor([3.0, 1.0]).double(), "penalty": 1.0}
    yield checks.example(ridge, one, size="one feature", right=[4 / 3])
    yield checks.example(lasso, one, size="one feature", right=[1.5])
    wide = {"x": torch.tensor([[1.0, 2.0]]).double(), "y": torch.tensor([5.0]).double(), "penalty": 1.0}
    yield checks.example(ridge, wide, size="more features than rows", right=[5 / 6, 10 / 6])
    yield checks.example(lasso, wide, size="more features than rows", right=[0.0, 2.25])


with checks.check(
    "features that do not mix", hint="here each weight is alone: 4/(1+1); 4 − 1, and −0.5 becomes 0", points=1
):
    x, y = torch.eye(3, dtype=torch.float64), torch.tensor([4.0, -3.0, -0.5], dtype=torch.float64)
    checks.close(ridge(x, y, 1.0), [2.0, -1.5, -0.25], what="ridge")
    checks.close(lasso(x, y, 1.0), [3.0, -2.0, 0.0], what="lasso")
### BEGIN HIDDEN TESTS
rng = checks.rng()


def problem(rng, n, d):
    """Rows with correlated features, and answers that need only some of them."""
    x = rng.tensor(n, d, dtype=torch.float64) + 0.5 * rng.tensor(n, 1, dtype=torch.float64)
    w = torch.tensor([2.0, -1.5, 0.0, 0.0, 1.0, 0.0], dtype=torch.float64)[:d]
    return x, x @ w + 0.3 * rng.tensor(n, dtype=torch.float64)


with checks.check("ridge: the gradient is zero", hint="differentiate both terms", points=1):
    for n, d, penalty in ((20, 3, 2.0), (9, 6, 0.1), (30, 5, 40.0)):
        x, y = problem(rng, n, d)
        w = checks.doubles(ridge(x, y, penalty))
        checks.shape(w, d)
        checks.close(2 * x.T @ (x @ w - y) + 2 * penalty * w, torch.zeros(d), atol=1e-4, what=f"{n} rows, {d} features")
with checks.check("lasso: no weight can gain", hint="a weight is 0 if its pull is at most the penalty", points=2):
    for n, d, penalty in ((30, 6, 3.0), (40, 5, 0.2), (25, 6, 10.0)):
        x, y = problem(rng, n, d)
        w = checks.doubles(lasso(x, y, penalty))
        checks.shape(w, d)
        pull = x.T @ (y - x @ w)
        moved = w != 0
        what = f"{n} rows, {d} features, penalty {penalty}: "
        checks.close(pull[moved], penalty * w[moved].sign(), atol=2e-3 * penalty, what=what + "weights that are not 0")
        checks.true((pull[~moved].abs() <= penalty * 1.002).all(), what + "a weight is 0 and should not be")
    for d, same in ((2, 0.95), (2, -0.95), (3, 0.7)):  # here the signs are known, and with them the weights
        products = torch.full((d, d), same, dtype=torch.float64).fill_diagonal_(1)
        x = torch.linalg.qr(rng.tensor(9, d, dtype=torch.float64)).Q @ torch.linalg.cholesky(products).T
        w = torch.tensor([2.0, -math.copysign(1.5, same), 1.0], dtype=torch.float64)[:d]
        right = w - 0.01 * torch.linalg.solve(products, w.sign())
        checks.close(lasso(x, x @ w, 0.01), right, rtol=2e-4, what=f"{d} columns with correlations of {same}")
with checks.check("so large a penalty that nothing is left", hint="exactly 0, on either side"):
    x, y = problem(rng, 12, 4)
    checks.equal(lasso(x, y, 1.01 * float((x.T @ y).abs().max())), [0.0] * 4)
### END HIDDEN TESTS

# %% [markdown]
# A real regression: how much ink is in the right half of a digit, from the sums along 12 columns of its left half?
# **Predict** what each method does to the weights as the penalty grows, and which of them has weights that are
# exactly zero.

# %%
columns = digits.train_x[:400, :, :14].sum(dim=1).double()
columns = (columns - columns.mean(dim=0))[:, 2:]  # the first columns are nearly always empty
right_half = digits.train_x[:400, :, 14:].sum(dim=(1, 2)).double()
right_half = right_half - right_half.mean()
figure, axes = plt.subplots(1, 2, figsize=(9, 2.8), sharey=True)
for axis, method in zip(axes, (ridge, lasso), strict=True):
    strengths = 10.0 ** np.linspace(1, 5, device.budget(15))
    paths = np.array([np.asarray(method(columns, right_half, strength)) for strength in strengths])
    axis.semilogx(strengths, paths)
    axis.set(xlabel="penalty", title=f"{method.__name__}: weights")
    print(f"{method.__name__:6} weights that are exactly 0: {(paths == 0).sum(axis=1).tolist()}")

# %% [markdown]
# Ridge pulls every weight in proportion to its size, so weights fade and never arrive. The lasso pulls all with the
# same force, so small ones arrive at 0, one after the other; what is left is a choice of features.
#
# *Further reading:* Hastie, Tibshirani and Friedman, *The Elements of Statistical Learning*, section 3.4 (shrinkage
# methods); *Mathematics for Machine Learning*, sections 6.6 (conjugacy) and 9.2.4 (regularisation as a prior).
#
# **Now you can** compute with Gaussians in any direction, fit them by maximum likelihood, update a belief by
# counting, and choose between a penalty that shrinks and one that selects.
