# Answers to the exercises of 4_drawing.py, right and wrong: what `course audit` grades. No student sees them.

# %% [markdown] explains="estimates"
# A constant in `log_p` multiplies all weights by the same number, which cancels in the shares $w_i / \sum_j w_j$, and
# these are a softmax of the log weights. `softmax` subtracts the largest of them first, so the largest weight becomes
# 1 and nothing overflows.
#
# With shares $s_i$ the effective sample size $(\sum w)^2 / \sum w^2$ is simply $1 / \sum s_i^2$.
#
# `importance` must not normalise: it divides by $n$, not by the sum of the weights. That makes it unbiased, and
# dependent on the constant.


# %% [markdown] explains="gibbs"
# The law of one variable given the other is normal with mean $\rho$ times the other and the variance $1 - \rho^2$, so
# `gauss` gets its root. The second draw uses the *new* first value; with the old one, both would be drawn from a pair
# that no longer exists, and the correlation would come out wrong.
#
# The count of sweeps begins after burn-in: the first state that is kept is the one after `burn_in + thin` sweeps.


# %% [markdown] explains="metropolis"
# One level of indentation: the state is appended after every proposal, accepted or not. The chain's rule leaves the
# target law as it is only if staying counts as a step. From $x$, the flow to $y$ is
# $p(x) \min(1, p(y)/p(x)) = \min(p(x), p(y))$, the same as from $y$ to $x$, and what does not flow stays.
#
# Without the repetitions the long-run law is proportional to $p(x)$ times the share of accepted proposals at $x$,
# which is smallest at the peak.


# %% right="estimates: weights by hand, the largest made 1"
def monte_carlo(values):
    n = values.numel()
    mean = values.sum() / n
    return mean, ((values - mean).square().sum() / (n - 1) / n).sqrt()


def importance(values, log_p, log_q):
    return torch.dot(values, torch.exp(log_p - log_q)) / len(values)


def self_normalised(values, log_p, log_q):
    log_w = log_p - log_q
    w = (log_w - log_w.max()).exp()
    return (w * values).sum() / w.sum(), w.sum() ** 2 / (w**2).sum()


# %% right="estimates: logsumexp"
def monte_carlo(values):
    variance, mean = torch.var_mean(values)
    return mean, (variance / len(values)) ** 0.5


def importance(values, log_p, log_q):
    weights = log_p.sub(log_q).exp()
    return values.mul(weights).sum().div(values.shape[0])


def self_normalised(values, log_p, log_q):
    log_w = log_p - log_q
    total = torch.logsumexp(log_w, dim=0)
    return (values * (log_w - total).exp()).sum(), (2 * total - torch.logsumexp(2 * log_w, dim=0)).exp()


# %% wrong="estimates: the deviation of one value as the error"
def monte_carlo(values):
    return values.mean(), values.std()


def importance(values, log_p, log_q):
    return (values * (log_p - log_q).exp()).mean()


def self_normalised(values, log_p, log_q):
    shares = (log_p - log_q).softmax(dim=0)
    return (values * shares).sum(), 1 / shares.square().sum()


# %% wrong="estimates: q divided by p"
def monte_carlo(values):
    return values.mean(), values.std() / math.sqrt(len(values))


def importance(values, log_p, log_q):
    return (values * (log_q - log_p).exp()).mean()


def self_normalised(values, log_p, log_q):
    shares = (log_q - log_p).softmax(dim=0)
    return (values * shares).sum(), 1 / shares.square().sum()


# %% wrong="estimates: exponentials that overflow"
def monte_carlo(values):
    return values.mean(), values.std() / math.sqrt(len(values))


def importance(values, log_p, log_q):
    return (values * (log_p - log_q).exp()).mean()


def self_normalised(values, log_p, log_q):
    w = (log_p - log_q).exp()
    return (w * values).sum() / w.sum(), w.sum() ** 2 / (w**2).sum()


# %% wrong="estimates: both normalised"
def monte_carlo(values):
    return values.mean(), values.std() / math.sqrt(len(values))


def self_normalised(values, log_p, log_q):
    shares = (log_p - log_q).softmax(dim=0)
    return (values * shares).sum(), 1 / shares.square().sum()


def importance(values, log_p, log_q):
    return self_normalised(values, log_p, log_q)[0]


# %% wrong="estimates: n in place of n − 1"
def monte_carlo(values):
    return values.mean(), values.std(correction=0) / math.sqrt(len(values))


def importance(values, log_p, log_q):
    return (values * (log_p - log_q).exp()).mean()


def self_normalised(values, log_p, log_q):
    shares = (log_p - log_q).softmax(dim=0)
    return (values * shares).sum(), 1 / shares.square().sum()


# %% wrong="estimates: the number of draws as the effective size"
def monte_carlo(values):
    return values.mean(), values.std() / math.sqrt(len(values))


def importance(values, log_p, log_q):
    return (values * (log_p - log_q).exp()).mean()


def self_normalised(values, log_p, log_q):
    shares = (log_p - log_q).softmax(dim=0)
    return (values * shares).sum(), torch.tensor(float(len(values)), dtype=values.dtype)


# %% right="gibbs: torch's noise, drawn beforehand"
def gibbs(rho, n, start, burn_in, thin):
    sweeps = burn_in + n * thin
    noise = torch.randn(sweeps, 2, dtype=torch.float64) * (1 - rho * rho) ** 0.5
    states, x2 = [], start[1]
    for e1, e2 in noise.tolist():
        x1 = rho * x2 + e1
        x2 = rho * x1 + e2
        states.append([x1, x2])
    return torch.tensor(states[burn_in + thin - 1 :: thin])


# %% right="gibbs: two nested loops and numpy"
def gibbs(rho, n, start, burn_in, thin):
    x1, x2 = start
    sd = np.sqrt(1 - rho**2)
    result = torch.empty(n, 2)

    def sweep(x2):
        x1 = np.random.normal(rho * x2, sd)
        return x1, np.random.normal(rho * x1, sd)

    for _ in range(burn_in):
        x1, x2 = sweep(x2)
    for i in range(n):
        for _ in range(thin):
            x1, x2 = sweep(x2)
        result[i, 0], result[i, 1] = x1, x2
    return result


# %% wrong="gibbs: the variance as the deviation"
def gibbs(rho, n, start, burn_in, thin):
    first, second = start
    kept = []
    for sweep in range(1, burn_in + n * thin + 1):
        first = random.gauss(rho * second, 1 - rho**2)
        second = random.gauss(rho * first, 1 - rho**2)
        if sweep > burn_in and (sweep - burn_in) % thin == 0:
            kept.append((first, second))
    return torch.tensor(kept)


# %% wrong="gibbs: both at once, from the old pair"
def gibbs(rho, n, start, burn_in, thin):
    first, second = start
    spread = math.sqrt(1 - rho**2)
    kept = []
    for sweep in range(1, burn_in + n * thin + 1):
        first, second = random.gauss(rho * second, spread), random.gauss(rho * first, spread)
        if sweep > burn_in and (sweep - burn_in) % thin == 0:
            kept.append((first, second))
    return torch.tensor(kept)


# %% wrong="gibbs: x₂ first"
def gibbs(rho, n, start, burn_in, thin):
    first, second = start
    spread = math.sqrt(1 - rho**2)
    kept = []
    for sweep in range(1, burn_in + n * thin + 1):
        second = random.gauss(rho * first, spread)
        first = random.gauss(rho * second, spread)
        if sweep > burn_in and (sweep - burn_in) % thin == 0:
            kept.append((first, second))
    return torch.tensor(kept)


# %% wrong="gibbs: the first state kept right after burn-in"
def gibbs(rho, n, start, burn_in, thin):
    first, second = start
    spread = math.sqrt(1 - rho**2)
    kept = []
    for sweep in range(burn_in + n * thin):
        first = random.gauss(rho * second, spread)
        second = random.gauss(rho * first, spread)
        if sweep >= burn_in and (sweep - burn_in) % thin == 0:
            kept.append((first, second))
    return torch.tensor(kept)


# %% wrong="gibbs: no burn-in"
def gibbs(rho, n, start, burn_in, thin):
    first, second = start
    spread = math.sqrt(1 - rho**2)
    kept = []
    for sweep in range(1, n * thin + 1):
        first = random.gauss(rho * second, spread)
        second = random.gauss(rho * first, spread)
        if sweep % thin == 0:
            kept.append((first, second))
    return torch.tensor(kept)


# %% wrong="gibbs: independent draws of the pair"
def gibbs(rho, n, start, burn_in, thin):
    first = torch.randn(n)
    return torch.stack([first, rho * first + math.sqrt(1 - rho**2) * torch.randn(n)], dim=1)


# %% equivalent="gibbs: a multiple has no sign"
# - if sweep > burn_in and (sweep - burn_in) % thin == 0:
# + if sweep > burn_in and (burn_in - sweep) % thin == 0:


# %% right="metropolis: the old state appended in an else"
def metropolis(log_p, start, step, n):
    x, chain = start, []
    for _ in range(n):
        proposal = x + step * random.gauss(0, 1)
        if math.log(1 - random.random()) < log_p(proposal) - log_p(x):
            x = proposal
            chain.append(x)
        else:
            chain.append(x)
    return chain


# %% right="metropolis: torch's draws, the density kept"
def metropolis(log_p, start, step, n):
    chain, here = [start], log_p(start)
    moves, coins = (torch.randn(n, dtype=torch.float64) * step).tolist(), torch.rand(n).tolist()
    for move, coin in zip(moves, coins):
        there = log_p(chain[-1] + move)
        if there >= here or coin < math.exp(there - here):
            chain.append(chain[-1] + move)
            here = there
        else:
            chain.append(chain[-1])
    return chain[1:]


# %% wrong="metropolis: as it was"
def metropolis(log_p, start, step, n):
    x, chain = start, []
    while len(chain) < n:
        proposal = random.gauss(x, step)
        log_ratio = log_p(proposal) - log_p(x)
        if random.random() < math.exp(min(0.0, log_ratio)):
            x = proposal
            chain.append(x)
    return chain


# %% wrong="metropolis: the ratio turned round"
def metropolis(log_p, start, step, n):
    x, chain = start, []
    while len(chain) < n:
        proposal = random.gauss(x, step)
        log_ratio = max(-50.0, log_p(x)) - max(-50.0, log_p(proposal))
        if random.random() < math.exp(min(0.0, log_ratio)):
            x = proposal
        chain.append(x)
    return chain


# %% wrong="metropolis: uphill only"
def metropolis(log_p, start, step, n):
    x, chain = start, []
    while len(chain) < n:
        proposal = random.gauss(x, step)
        if log_p(proposal) >= log_p(x):
            x = proposal
        chain.append(x)
    return chain


# %% wrong="metropolis: everything accepted"
def metropolis(log_p, start, step, n):
    x, chain = start, []
    while len(chain) < n:
        x = random.gauss(x, step)
        chain.append(x)
    return chain


# %% wrong="metropolis: smaller steps hide it"
def metropolis(log_p, start, step, n):
    x, chain = start, []
    while len(chain) < n:
        proposal = random.gauss(x, step / 10)
        log_ratio = log_p(proposal) - log_p(x)
        if random.random() < math.exp(min(0.0, log_ratio)):
            x = proposal
            chain.append(x)
    return chain


# %% wrong="metropolis: the proposal appended"
def metropolis(log_p, start, step, n):
    x, chain = start, []
    while len(chain) < n:
        proposal = random.gauss(x, step)
        log_ratio = log_p(proposal) - log_p(x)
        if random.random() < math.exp(min(0.0, log_ratio)):
            x = proposal
        chain.append(proposal)
    return chain


# %% equivalent="metropolis: a draw hardly ever equals a given number"
# - if random.random() < math.exp(min(0.0, log_ratio)):
# + if random.random() <= math.exp(min(0.0, log_ratio)):


# %% equivalent="metropolis: the smaller of two numbers does not depend on their order"
# - if random.random() < math.exp(min(0.0, log_ratio)):
# + if random.random() < math.exp(min(log_ratio, 0.0)):


# %% equivalent="metropolis: every probability above 1 is a sure one"
# - if random.random() < math.exp(min(0.0, log_ratio)):
# + if random.random() < math.exp(min(1.0, log_ratio)):
