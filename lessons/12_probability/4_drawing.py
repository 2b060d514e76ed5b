# %% [markdown]
# ## 12 · Averages by chance
#
# **In this part you will** estimate expectations from draws and say how far off they are, draw from one law to learn
# about another, walk through a law that nobody can draw from directly, and find out why somebody's chain is too wide.
#
# An expectation is a sum or an integral, and most of those that matter have no formula. **Monte Carlo**: draw $n$
# values from the law and take the mean of $f$ over them. Each $f(X_i)$ has mean $E[f(X)]$ and some standard deviation
# $\sigma_f$; the mean of $n$ independent ones has the standard deviation $\sigma_f / \sqrt{n}$. This **standard
# error** knows nothing about dimensions, and that is why the method survives where grids die. Its price is the root:
# one more digit takes a hundred times as many draws.
#
# **Predict** the slope of the errors on log-log axes, and how straight the line will be. (A power law $y = c\,x^k$ is
# a straight line there, with slope $k$.)

# %%
generator = torch.Generator().manual_seed(1)
sizes = [10 * 2**k for k in range(14)]
darts = [torch.rand(20, n, 2, generator=generator).square().sum(dim=2) <= 1 for n in sizes]  # 20 trials of each size
errors = [(4 * dart.float().mean(dim=1) - math.pi).square().mean().sqrt() for dart in darts]
figure, axis = plt.subplots(figsize=(5.5, 2.8))
axis.loglog(sizes, errors, "o-", label="root mean square error of 20 trials")
axis.loglog(sizes, [1.642 / n**0.5 for n in sizes], "k:", label="1.642 / √n")
axis.set(xlabel="darts", title="π from darts in a square")
axis.legend(fontsize=8)
figure.tight_layout()

# %% [markdown]
# ($4 \cdot \mathbb{1}[\text{inside}]$ has the deviation $4\sqrt{\frac{\pi}{4}(1 - \frac{\pi}{4})} = 1.642$.)
#
# Plain Monte Carlo fails where everything of interest is rare. How likely is a normal variable to exceed 4? Of a
# million draws about 32 do. **Importance sampling** draws from another law $q$, the **proposal**, which goes there
# often, and corrects for it with weights:
#
# $$E_p[f(X)] = \int f(x)\,p(x)\,dx = \int f(x)\,\frac{p(x)}{q(x)}\,q(x)\,dx = E_q[f(X)\,w(X)], \qquad w = \frac{p}{q}$$
#
# $q$ must not be zero where $f p$ is not. If $p$ is known only up to a constant (the usual case for a posterior),
# divide by the sum of the weights: the **self-normalised** estimate $\sum_i w_i f_i / \sum_i w_i$, in which the
# constant cancels. How good the weights are is told by the **effective sample size** $(\sum_i w_i)^2 / \sum_i w_i^2$:
# it is $n$ if all are equal and close to 1 if a single one dominates.
#
# ### Exercise: three estimates
# difficulty 3/5 · 12 minutes · cards: monte-carlo, importance-sampling, optimal-proposal
#
# `values` (n,) are $f(x_i)$ at the draws. `log_p` and `log_q` (n,) are the logarithms of the two densities there. In
# `self_normalised`, `log_p` may lack any constant, so $e^{\texttt{log\_p}}$ may be larger than what a float can hold,
# or all of it may round to 0, and one weight may be $e^{400}$ times all others; the results must not suffer. Estimate
# $\sigma_f$ with $n - 1$; $n$ is at least 2.
#
# hint: What happens to the self-normalised estimate when all weights are multiplied by the same number? Which number
# makes the largest weight 1?


# %% solution="estimates" promises="leaves-inputs, any-float, any-size(two draws)"
def monte_carlo(values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The estimate of E[f(X)] from draws of X itself, and its standard error."""
    ### BEGIN SOLUTION
    return values.mean(), values.std() / math.sqrt(len(values))
    ### END SOLUTION


def importance(values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor) -> torch.Tensor:
    """The estimate of E_p[f(X)] from draws of q, with both densities known."""
    ### BEGIN SOLUTION
    return (values * (log_p - log_q).exp()).mean()
    ### END SOLUTION


def self_normalised(
    values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """The estimate of E_p[f(X)] with p known up to a constant, and the effective sample size."""
    ### BEGIN SOLUTION
    shares = (log_p - log_q).softmax(dim=0)
    return (values * shares).sum(), 1 / shares.square().sum()
    ### END SOLUTION


# %% tests="estimates" points=6
def examples(rng):
    given = {"values": rng.tensor(6) + 1, "log_p": rng.tensor(6), "log_q": rng.tensor(6)}
    yield checks.example(monte_carlo, {"values": given["values"]})
    yield checks.example(importance, given)
    yield checks.example(self_normalised, given)
    two = {"values": torch.tensor([1.0, 5.0]), "log_p": torch.tensor([0.0, math.log(3)]), "log_q": torch.zeros(2)}
    yield checks.example(monte_carlo, {"values": torch.tensor([1.0, 5.0])}, size="two draws", right=(3.0, 2.0))
    yield checks.example(importance, two, size="two draws", right=8.0)
    yield checks.example(self_normalised, two, size="two draws", right=(4.0, 1.6))


with checks.check("four draws", hint="the deviation of one value, divided by the root of their number", points=1):
    checks.close(monte_carlo(torch.tensor([1.0, 3.0, 5.0, 7.0])), (4.0, math.sqrt(20 / 3) / 2), rtol=1e-4)
with checks.check("weights 1, 1 and 2", hint="self-normalised: shares ¼, ¼ and ½", points=1):
    values, log_p = torch.tensor([8.0, 0.0, 4.0]), torch.tensor([0.0, 0.0, math.log(2)])
    checks.close(importance(values, log_p, torch.zeros(3)), 16 / 3, rtol=1e-4)
    checks.close(self_normalised(values, log_p, torch.zeros(3)), (4.0, 16 / 6), rtol=1e-4)
### BEGIN HIDDEN TESTS
rng = checks.rng()
cases = [(rng.tensor(n) + shift, rng.tensor(n), rng.tensor(n)) for n, shift in ((3, -4), (8, 2), (40, 0.5))]


def weighted(values, log_p, log_q):
    """Weights, values times weights, one by one."""
    weights = [math.exp(p - q) for p, q in zip(log_p.tolist(), log_q.tolist(), strict=True)]
    return weights, [w * v for w, v in zip(weights, values.tolist(), strict=True)]


with checks.check("Monte Carlo with its standard error", hint="of the mean, not of one value"):
    for values, *_ in cases:
        mean = sum(values.tolist()) / len(values)
        squares = sum((v - mean) ** 2 for v in values.tolist())
        right = (mean, math.sqrt(squares / (len(values) - 1) / len(values)))
        checks.close(monte_carlo(values), right, rtol=1e-4, atol=1e-5, what=f"{len(values)} draws")
with checks.check("importance sampling", hint="p divided by q, and a mean over all draws"):
    for case in cases:
        _, products = weighted(*case)
        checks.close(importance(*case), sum(products) / len(products), rtol=1e-3, atol=1e-4)
with checks.check(
    "self-normalised, whatever the constant", hint="exp(1000) is inf, exp(−1000) is 0; what cancels?", points=2
):
    for values, log_p, log_q in cases:
        weights, products = weighted(values, log_p, log_q)
        right = (sum(products) / sum(weights), sum(weights) ** 2 / sum(w**2 for w in weights))
        for constant, other in ((0, 0), (3, 0), (1000, 0), (-1000, 0), (0, -200), (0, 200), (300, 300)):
            got = self_normalised(values, log_p + constant, log_q + other)
            checks.close(got, right, rtol=2e-3, atol=1e-3, what=f"log_p + {constant}, log_q + {other}")
        second = torch.arange(len(values)) == 1
        for p, q in ((log_q + 400 * second, log_q), (log_p, log_p - 400 * second), (log_q - 400 * ~second, log_q)):
            checks.close(self_normalised(values, p, q), (values[1], 1.0), rtol=1e-3, what="one large weight")
### END HIDDEN TESTS

# %% [markdown]
# Judged against the exact law: $P(X > 4) = 3.167 \cdot 10^{-5}$ for a standard normal $X$, with 10,000 draws from
# each of five proposals. **Predict** the best and the worst; the best possible would be $q \propto |f|\,p$, a normal
# law cut off at 4.

# %%
exact, normal = 0.5 * math.erfc(4 / math.sqrt(2)), torch.distributions.Normal
for mean, std in ((0.0, 1.0), (2.0, 1.0), (4.0, 1.0), (8.0, 1.0), (4.0, 0.2)):
    torch.manual_seed(1)
    x = normal(mean, std).sample((10_000,))
    log_p, log_q = normal(0.0, 1.0).log_prob(x), normal(mean, std).log_prob(x)
    inside = (x > 4).float()
    estimate, error = importance(inside, log_p, log_q), monte_carlo(inside * (log_p - log_q).exp())[1]
    print(f"N({mean:g}, {std:g}²): {estimate:.3e} ± {error:.0e}, exact {exact:.3e}; above 4: {int(inside.sum())} draws")

# %% [markdown]
# The plain one sees nothing, and *its standard error is 0*: it does not know what it does not know. N(4, 1) comes
# within a few percent. N(8, 1) has nearly all of its draws above 4 and is worthless: nearly all of the probability lies just
# above 4, where it hardly ever goes, and the weights there are enormous. The last one looks as good as the third, but
# its tails are thinner than the target's: $\int p^2 / q$ is infinite, and once in a long while a draw will come with
# a weight beyond all measure. A proposal should have *heavier* tails than what it stands for.
#
# *Further reading:* MacKay, chapter 29 (Monte Carlo methods); Bishop, section 11.1.
#
# ## 13 · A walk in place of draws
#
# In many dimensions no proposal is good: almost all of its draws miss. **Markov chain Monte Carlo** (MCMC) takes
# another way. It *walks*: the next state depends only on the present one, by a rule that leaves the target law as it
# is. If the walk can get everywhere, its states are distributed by the target in the long run. Two prices are paid.
# The first states remember where the walk began, so they are thrown away: **burn-in**. And neighbours resemble each
# other, so $n$ states are worth fewer than $n$ independent draws. (Keeping only every $k$-th, **thinning**, saves
# memory and makes those that are kept less alike. It does not make the estimate from the same walk any better.)
#
# **Gibbs sampling** moves along one axis at a time: each variable is drawn anew from its law *given the present
# values of all the others*. For two standard normal variables with correlation $\rho$ these laws are known,
#
# $$X_1 \mid X_2 = x_2 \;\sim\; N(\rho x_2,\; 1 - \rho^2) \qquad
# X_2 \mid X_1 = x_1 \;\sim\; N(\rho x_1,\; 1 - \rho^2)$$
#
# (the second number is the variance). Put them together: one **sweep** turns $x_2$ into $\rho^2 x_2$ plus noise, so
# after $k$ sweeps the memory of the start has faded to $\rho^{2k}$.
#
# ### Exercise: Gibbs in two dimensions
# difficulty 3/5 · 12 minutes · cards: gibbs, gibbs-gaussian, burn-in, thinning
#
# Begin at `start`, a pair of numbers $(x_1, x_2)$. One sweep draws first $x_1$, then $x_2$ with the *new* $x_1$. Do
# `burn_in` sweeps and keep none of their states. Then go on from there and keep the state after every `thin`-th
# sweep, until there are `n`: all in all `burn_in + n * thin` sweeps. $\rho$ may be anything from −1 to 1, both
# included. Any floating-point type will do for the result.


# %% solution="gibbs" promises="random, tensor"
def gibbs(rho: float, n: int, start: tuple[float, float], burn_in: int, thin: int) -> torch.Tensor:
    """n states (n, 2) of a walk through two standard normal variables with correlation rho."""
    ### BEGIN SOLUTION
    first, second = start
    spread = math.sqrt(1 - rho**2)
    kept = []
    for sweep in range(1, burn_in + n * thin + 1):
        first = random.gauss(rho * second, spread)
        second = random.gauss(rho * first, spread)
        if sweep > burn_in and (sweep - burn_in) % thin == 0:
            kept.append((first, second))
    return torch.tensor(kept)
    ### END SOLUTION


# %% tests="gibbs" points=5
def examples(rng):
    yield checks.example(gibbs, {"rho": 0.5, "n": 6, "start": (0.0, 0.0), "burn_in": 2, "thin": 1})


with checks.check("no room for chance", hint="with ρ = −1, x₁ is −x₂; which of the two is drawn first?", points=1):
    checks.close(gibbs(-1.0, 3, (7.0, 2.0), 0, 2), [[-2.0, 2.0]] * 3)
with checks.check("deviations of about 1, correlated", hint="1 − ρ² is a variance", points=1):
    draws = checks.doubles(gibbs(0.8, 3000, (0.0, 0.0), 20, 1))
    checks.shape(draws, 3000, 2)
    checks.between(draws.std(dim=0), 0.8, 1.2, what="deviations")
    checks.between(draws.T.corrcoef()[0, 1], 0.7, 0.9, what="correlation")
### BEGIN HIDDEN TESTS
rng = checks.rng()


def off(got, right, n, memory):
    """How many standard errors a mean of n squares or products is off, for a walk that forgets by this factor."""
    return abs(got - right) / math.sqrt(2 * (1 + memory) / (1 - memory) / n)


with checks.check("the law of the pair", hint="means 0, variances 1, correlation ρ"):
    for rho in (-0.7, 0.3, 0.6):
        draws, memory = checks.doubles(gibbs(rho, 4000, (0.0, 0.0), 30, 1)), rho**2
        moments = (draws.mean(dim=0).abs().max(), off(draws[:, 0].square().mean(), 1, 4000, memory))
        moments += (off(draws[:, 1].square().mean(), 1, 4000, memory), off(draws.prod(dim=1).mean(), rho, 4000, memory))
        checks.true(moments[0] < 6 * math.sqrt((1 + memory) / (1 - memory) / 4000), f"ρ = {rho}: a mean is not 0")
        checks.true(max(moments[1:]) < 6, f"ρ = {rho}: a variance or the correlation is not right")
with checks.check(
    "how many sweeps there were", hint="first burn_in sweeps, then thin of them for each state that is kept"
):
    for rho, burn_in, thin in ((0.9, 0, 1), (0.9, 3, 1), (0.8, 2, 3), (0.95, 7, 2), (-0.9, 1, 1)):
        got = checks.doubles(gibbs(rho, 3, (-4e6, 1e6), burn_in, thin))  # so far out that chance hardly counts
        sweeps = burn_in + thin * torch.arange(1, 4)
        right = 1e6 * (rho**2) ** sweeps.double()
        checks.close(got[:, 1], right, rtol=1e-3, atol=30.0, what=f"burn_in {burn_in}, thin {thin}: x₂")
        checks.close(got[:, 0], right / rho, rtol=1e-3, atol=30.0, what=f"burn_in {burn_in}, thin {thin}: x₁")
with checks.check("neighbours remember each other as much as they should", hint="x₂ is drawn with the new x₁"):
    for rho, thin in ((0.8, 1), (0.9, 2), (-0.8, 1)):
        draws, memory = checks.doubles(gibbs(rho, 4000, (0.0, 0.0), 50, thin)), rho ** (2 * thin)
        for which in (0, 1):
            lagged = (draws[1:, which] * draws[:-1, which]).mean()
            error = off(lagged, memory, 4000, memory)
            checks.true(error < 6, f"ρ = {rho}, thin = {thin}: neighbours have the correlation {lagged:.2f}")
### END HIDDEN TESTS

# %% [markdown]
# Look at the walk. **Predict** from $\rho^{2k}$ after how many sweeps half of the memory is gone, for $\rho = 0.5$
# and for $\rho = 0.99$.

# %%
figure, axes = plt.subplots(1, 3, figsize=(10, 3))
for axis, rho in zip(axes, (0.5, 0.99), strict=False):
    random.seed(4)
    path = torch.cat([torch.tensor([[-3.0, 3.0]]), torch.as_tensor(gibbs(rho, 60, (-3.0, 3.0), 0, 1))])
    turns = torch.stack([path[1:, 0], path[:-1, 1]], dim=1)  # between two states: x₁ is new, x₂ is still the old one
    axis.plot(*torch.stack([path[:-1], turns], dim=1).flatten(0, 1).T, ".-", linewidth=0.6, markersize=3)
    axis.set(title=f"60 sweeps, ρ = {rho}", xlim=(-3.5, 3.5), ylim=(-3.5, 3.5), aspect="equal")
for rho, colour in ((0.5, "C0"), (0.9, "C1"), (0.99, "C2")):
    x = torch.as_tensor(gibbs(rho, device.budget(20_000), (0.0, 0.0), 100, 1))[:, 1]
    lags = range(40)
    measured = [(x[lag:] * x[: len(x) - lag]).mean() for lag in lags]
    axes[2].plot(lags, measured, ".", color=colour, markersize=3)
    axes[2].plot(lags, [rho ** (2 * lag) for lag in lags], color=colour, linewidth=0.8, label=f"ρ = {rho}")
axes[2].set(xlabel="lag", title="memory: measured, and ρ²ᵏ")
axes[2].legend(fontsize=7)
figure.tight_layout()

# %% [markdown]
# One sweep is enough for $\rho = 0.5$ (a quarter is left); for 0.99 it takes 35. Steps along the axes are short when
# the law is a narrow diagonal ridge: strong correlation is what Gibbs sampling suffers from.
#
# Gibbs sampling is at its best where everything hangs together only locally. TrueSkill, which rates players, has a
# skill for each player and a performance difference for each game; given the skills each difference is a normal
# variable cut off at 0 (somebody won), and given all differences the skills are jointly Gaussian. Neither half can be
# solved with the other open, and drawing in turns needs nothing else. (The paper below passes messages in place of draws.) Unobserved variables like the skills are called
# **latent**; the probability of the data alone, $p(x) = \int p(x \mid z)\,p(z)\,dz$, is the **marginal likelihood**.
#
# *Further reading:* Bishop, section 11.3 (Gibbs sampling); Herbrich, Minka and Graepel, "TrueSkill: A Bayesian Skill
# Rating System" (2006).
#
# ## 14 · Find the bug
#
# What if not even the conditional laws are known? **Metropolis** needs nothing but the density up to a constant, that
# is, *differences* of its logarithm:
#
# 1. propose a place nearby: the present $x$ plus normal noise with the deviation `step`;
# 2. accept it with probability $\min\bigl(1,\; p(\text{new}) / p(x)\bigr)$: uphill always, downhill sometimes;
# 3. go on from where you are.
#
# ### Exercise: a chain that is too wide
# difficulty 3/5 · 12 minutes · cards: mcmc, chain-dependence
#
# A colleague samples posteriors with the function below. It runs, the histograms are smooth and have their peaks in
# the right places. But whenever she compares with an exact law, the spread is too large: 1.13 in place of 1 for a
# standard normal, with steps of 6. Longer chains do not help, a longer burn-in does not either, and with very small
# steps the fault nearly disappears. There is **one** mistake. Find it and repair it. (`log_p` takes a number and
# returns one, minus infinity where the density is 0. The chain has the `n` states after `start`, as a list of
# numbers.)
#
# hint: What is different with small steps? Compare how often proposals are accepted.
#
# hint: Play the first five steps on paper, for a target that is flat between 0 and 1, with large steps. How many
# states does the chain have after five proposals?


# %% solution="metropolis" promises="random"
def metropolis(log_p, start: float, step: float, n: int) -> list[float]:
    """The n states after start of a chain whose long-run law has the log density log_p, up to a constant."""
    ### BEGIN SOLUTION
    #! x, chain = start, []
    #! while len(chain) < n:
    #!     proposal = random.gauss(x, step)
    #!     log_ratio = log_p(proposal) - log_p(x)
    #!     if random.random() < math.exp(min(0.0, log_ratio)):
    #!         x = proposal
    #!         chain.append(x)
    #! return chain
    x, chain = start, []
    while len(chain) < n:
        proposal = random.gauss(x, step)
        log_ratio = log_p(proposal) - log_p(x)
        if random.random() < math.exp(min(0.0, log_ratio)):
            x = proposal
        chain.append(x)
    return chain
    ### END SOLUTION


# %% tests="metropolis" points=4
def chain_of(metropolis, law, start, step, n):
    """A chain through one of four laws."""
    import math

    laws = {
        "flat": lambda x: 0.0 if 0 <= x <= 1 else -math.inf,
        "normal": lambda x: -((x - 2) ** 2) / 8 + 5.0,  # mean 2, deviation 2
        "exponential": lambda x: -x if x >= 0 else -math.inf,
        "everywhere": lambda x: 0.0,  # every proposal is accepted
    }
    return list(metropolis(laws[law], start, step, n))


def stays(x):
    """The share of states that are the same as the one before."""
    return (x[1:] == x[:-1]).double().mean()


def examples(rng):
    run = lambda start: checks.on_student_side(chain_of, metropolis, "normal", start, 1.0, 10)
    yield checks.example(run, {"start": 0.5})


with checks.check(
    "flat between 0 and 1, with steps of one half", hint="what is the next state after a rejection?", points=1
):
    x = checks.doubles(checks.on_student_side(chain_of, metropolis, "flat", 0.5, 0.5, 2000))
    checks.shape(x, 2000)
    checks.between(x, 0.0, 1.0)
    checks.between(stays(x), 0.29, 0.49, what="share of rejected proposals")  # exactly 0.390
### BEGIN HIDDEN TESTS
with checks.check("how often a proposal is rejected", hint="accept with the ratio of the densities, at most 1"):
    for step in (1.0, 4.0, 12.0):
        x = checks.doubles(checks.on_student_side(chain_of, metropolis, "normal", 2.0, step, 6000))
        right = 1 - 2 / math.pi * math.atan(4 / step)  # known for a normal law with the deviation 2
        checks.between(stays(x), right - 0.05, right + 0.05, what=f"steps of {step:g}")
    x = checks.doubles(checks.on_student_side(chain_of, metropolis, "everywhere", 90.0, 3.0, 3000))
    checks.between(x[0], 70.0, 110.0, what="the first state, for a start at 90")
    checks.true(x[0] != 90.0, "the first state comes after the start: here the first proposal is accepted")
    checks.true(stays(x) == 0, "with the same density everywhere each proposal is accepted")
    checks.between((x[1:] - x[:-1]).std(), 2.7, 3.3, what="deviation of the steps")
    x = checks.doubles(checks.on_student_side(chain_of, metropolis, "normal", 1000.0, 12.0, 2000))
    checks.between(x[0], 930.0, 1070.0, what="the first state, for a start at 1000 and steps of 12")
    checks.between(x[-1], -18.0, 22.0, what="the last state, for a start at 1000 and a peak at 2")
with checks.check("the long-run law", hint="each state counts as often as the chain was there", points=2):
    x = checks.doubles(checks.on_student_side(chain_of, metropolis, "normal", 2.0, 12.0, 20_000))
    checks.between(x.mean(), 1.7, 2.3, what="mean")
    checks.between(x.std(), 1.85, 2.15, what="deviation")
    x = checks.doubles(checks.on_student_side(chain_of, metropolis, "exponential", 1.0, 4.0, 20_000))
    checks.between(x.mean(), 0.84, 1.16, what="mean of an exponential law")
    x = checks.doubles(checks.on_student_side(chain_of, metropolis, "flat", 0.1, 1.0, 8000))
    checks.between((abs(x - 0.5) < 0.25).double().mean(), 0.44, 0.56, what="share in the middle half of a flat law")
### END HIDDEN TESTS

# %%
random.seed(7)
grid = np.linspace(-4, 4, 200)
figure, axes = plt.subplots(1, 3, figsize=(10, 2.5), sharey=True)
for axis, step in zip(axes, (0.1, 2.4, 30.0), strict=True):
    chain = torch.tensor(metropolis(lambda x: -(x**2) / 2, 0.0, step, device.budget(50_000)))
    axis.hist(chain, bins=60, range=(-4, 4), density=True, alpha=0.5)
    axis.plot(grid, np.exp(-(grid**2) / 2) / np.sqrt(2 * np.pi), "k")
    away = chain - chain.mean()
    memory = (away[1:] * away[:-1]).mean() / away.square().mean()
    axis.set_title(f"steps of {step}: deviation {chain.std():.2f}, neighbours {memory:.2f}", fontsize=8)
figure.tight_layout()

# %% [markdown]
# A rejection is no failed attempt; it is a *vote for staying*. Where the density is high, most proposals lead
# downhill and are rejected, so the chain stays there and counts that place again and again. Leave out the
# repetitions, and high places lose the most: the histogram sinks in the middle and swells at the sides. With very
# small steps hardly anything is rejected, so hardly anything is lost.
#
# Steps of a middling size forget fastest. Tiny ones are accepted and lead nowhere, huge ones are rejected. A rule of
# thumb for one dimension: accept about 44 %, which steps of 2.4 deviations do.
#
# *Further reading:* Gelman and others, *Bayesian Data Analysis*, chapters 11 and 12; Metropolis and others, "Equation
# of State Calculations by Fast Computing Machines" (1953).
#
# ### In your own words
# Two to five sentences each are enough. Write as you would to somebody who has not taken this course.

# %% [markdown] question="narrow_or_wide" points=2
# **Too narrow, too wide.** You estimate an expectation by importance sampling, and your proposal is (a) much wider
# than the target, (b) much narrower. For each: what happens to the weights, and does the standard error that you
# compute warn you?
#
# ### BEGIN MARK SCHEME
# - 1 point: (a) most draws get weights near 0, the effective sample size is small, but weights are bounded: the
#   estimate is noisy and its standard error says so.
# - 1 point: (b) in the tails the weights grow without bound; the places that would have them are hardly ever drawn,
#   so estimate and standard error both look fine until such a draw comes (the error is underestimated).
# - No point for "the estimate gets worse" without what the weights do.
# ### END MARK SCHEME

# %% [markdown] question="longer_walk" points=2
# **A thinner chain.** A colleague has 100,000 states of a chain whose neighbours are correlated. He keeps every
# hundredth, finds that these are nearly uncorrelated, and says: "By thinning I have made my estimate better, and I
# need no burn-in." What is right, and what is wrong?
#
# ### BEGIN MARK SCHEME
# - 1 point: the kept states are nearly independent, but the estimate is not better: the mean over all states of the
#   same walk is as good or better; thinning saves memory, and makes the usual standard error (nearly) right.
# - 1 point: burn-in is another matter: the first states depend on the start, thinned or not (with every hundredth
#   kept, only few are affected, but they are).
# - No first point for "thinning throws data away" without saying what is right about it.
# ### END MARK SCHEME

# %% [markdown]
# **Now you can** attach a standard error to an estimate, know when it lies, draw where nobody can draw directly, and
# tell a broken chain by an exact law.
