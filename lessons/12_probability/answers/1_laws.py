# Answers to the exercises of 1_laws.py, right and wrong: what `course audit` grades. No student sees them.

# %% [markdown] explains="mass"
# One particular order of $k$ successes and $n - k$ failures has probability $p^k (1-p)^{n-k}$, whatever the order,
# since the trials are independent. $\binom{n}{k}$ orders have the same count. Leave the factor out, and the masses no
# longer add up to 1; the binomial theorem, $(p + (1-p))^n = 1$, says that with it they do.
#
# The mean is $n$ times that of one trial. So is the variance, but only because the trials are independent.
#
# With more outcomes, $n!$ counts all orders of $n$ different trials, and dividing by $k_j!$ takes out the orders that
# only swap trials with the same outcome.


# %% [markdown] explains="quantiles"
# The outcome for height $u$ is the number of steps that end below $u$: each of them is too low, and the next one is
# the first that reaches $u$. "Below" is strict, so a height that a step reaches exactly belongs to that step.
#
# If rounding leaves the last step a hair below $u$, all steps are too low and the count is one too many; the clamp
# takes care of that. Sampling code without it works for months and then crashes on one number in ten million.
#
# A percentile asks the same of steps of height $1/n$. Rank $r$ has at least $r$ numbers that are no larger, so the
# first rank with $100\,r \ge q\,n$ is $\lceil q n / 100 \rceil$, counted from 1.


# %% [markdown] explains="categorical"
# `logits=` says that the rows are raw scores; `probs=` would divide each row by its sum, which for scores means
# nothing. A row of `scores` is one law, so the object holds `rows` laws, and `sample((n,))` draws n times from each:
# the shape that is asked for comes first, the shape of the object after it.


# %% [markdown] explains="moments"
# All four moments are expectations of some function of $X$, so by LOTUS nothing but `expectation` is needed, and the
# law of $(X - \mu)^2$ never appears. Dividing by $\sigma$ before taking the power makes skewness and kurtosis
# independent of the unit: ink in pixels and ink in square millimetres are equally skewed.


# %% right="mass: factorials instead of comb"
def binomial(k, n, p):
    return math.factorial(n) // (math.factorial(k) * math.factorial(n - k)) * p**k * (1 - p) ** (n - k)


def binomial_moments(n, p):
    mean = n * p
    return mean, mean - mean * p


def multinomial_mass(counts, p):
    result, left = 1.0, sum(counts)
    for count, chance in zip(counts, p):
        result *= math.comb(left, count) * chance**count
        left -= count
    return result


# %% right="mass: by logarithms"
def binomial(k, n, p):
    log_orders = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    return math.exp(log_orders + k * math.log(p) + (n - k) * math.log1p(-p))


def binomial_moments(n, p):
    return n * p, n * (p - p**2)


def multinomial_mass(counts, p):
    logs = math.lgamma(sum(counts) + 1)
    for count, chance in zip(counts, p, strict=True):
        logs += count * math.log(chance) - math.lgamma(count + 1)
    return math.exp(logs)


# %% wrong="mass: one order only"
def binomial(k, n, p):
    return p**k * (1 - p) ** (n - k)


def binomial_moments(n, p):
    return n * p, n * p * (1 - p)


def multinomial_mass(counts, p):
    return math.prod(chance**count for chance, count in zip(p, counts, strict=True))


# %% wrong="mass: the standard deviation for the variance"
def binomial(k, n, p):
    return math.comb(n, k) * p**k * (1 - p) ** (n - k)


def binomial_moments(n, p):
    return n * p, math.sqrt(n * p * (1 - p))


def multinomial_mass(counts, p):
    n = sum(counts)
    orders = math.factorial(n) / math.prod(math.factorial(count) for count in counts)
    return orders * math.prod(chance**count for chance, count in zip(p, counts, strict=True))


# %% wrong="mass: failures with the probability of a success"
def binomial(k, n, p):
    return math.comb(n, k) * p**k * p ** (n - k)


def binomial_moments(n, p):
    return n * p, n * p * (1 - p)


def multinomial_mass(counts, p):
    n = sum(counts)
    orders = math.factorial(n) / math.prod(math.factorial(count) for count in counts)
    return orders * math.prod(chance**count for chance, count in zip(p, counts, strict=True))


# %% wrong="mass: orders of the outcomes, not of the trials"
def binomial(k, n, p):
    return math.comb(n, k) * p**k * (1 - p) ** (n - k)


def binomial_moments(n, p):
    return n * p, n * p * (1 - p)


def multinomial_mass(counts, p):
    orders = math.factorial(len(counts)) / math.prod(math.factorial(count) for count in counts)
    return orders * math.prod(chance**count for chance, count in zip(p, counts, strict=True))


# %% equivalent="mass: there are as many counts as probabilities"
# - return orders * math.prod((chance ** count for chance, count in zip(p, counts, strict=True)))
# + return orders * math.prod((chance ** count for chance, count in zip(p, counts)))


# %% equivalent="mass: there are as many counts as probabilities, case 2"
# - return orders * math.prod((chance ** count for chance, count in zip(p, counts, strict=True)))
# + return orders * math.prod((chance ** count for chance, count in zip(p, counts, strict=False)))


# %% right="quantiles: searchsorted, and a loop over ranks"
def inverse_cdf(p, u):
    found = torch.searchsorted(p.cumsum(0), u.contiguous(), right=False)
    return torch.minimum(found, torch.tensor(len(p) - 1))


def percentile(x, q):
    ordered = sorted(x.tolist())
    for rank, value in enumerate(ordered, start=1):
        if 100 * rank >= q * len(ordered):
            return value
    return ordered[-1]


# %% right="quantiles: plain Python"
def inverse_cdf(p, u):
    found = []
    for height in u.tolist():
        k, reached = 0, p[0].item()
        while reached < height and k < len(p) - 1:
            k += 1
            reached += p[k].item()
        found.append(k)
    return torch.tensor(found)


def percentile(x, q):
    return x.kthvalue(max(1, math.ceil(q * len(x) / 100))).values.item()


# %% wrong="quantiles: a step that is reached exactly counts as too low"
def inverse_cdf(p, u):
    return (p.cumsum(dim=0) <= u[:, None]).sum(dim=1).clamp(max=len(p) - 1)


def percentile(x, q):
    return x.sort().values[math.ceil(q * len(x) / 100) - 1].item()


# %% wrong="quantiles: no clamp at the last outcome"
def inverse_cdf(p, u):
    return (p.cumsum(dim=0) < u[:, None]).sum(dim=1)


def percentile(x, q):
    return x.sort().values[math.ceil(q * len(x) / 100) - 1].item()


# %% wrong="quantiles: the rank is rounded down"
def inverse_cdf(p, u):
    return (p.cumsum(dim=0) < u[:, None]).sum(dim=1).clamp(max=len(p) - 1)


def percentile(x, q):
    return x.sort().values[max(0, int(q * len(x) / 100) - 1)].item()


# %% wrong="quantiles: between two numbers, as libraries do by default"
def inverse_cdf(p, u):
    return (p.cumsum(dim=0) < u[:, None]).sum(dim=1).clamp(max=len(p) - 1)


def percentile(x, q):
    return float(np.percentile(x.numpy(), q))


# %% wrong="quantiles: numbers in the order in which they came"
def inverse_cdf(p, u):
    return (p.cumsum(dim=0) < u[:, None]).sum(dim=1).clamp(max=len(p) - 1)


def percentile(x, q):
    return x[math.ceil(q * len(x) / 100) - 1].item()


# %% right="categorical: from the module, probabilities by softmax"
from torch.distributions.categorical import Categorical


def draw_classes(scores, n):
    return Categorical(probs=scores.softmax(dim=-1)).sample(torch.Size([n]))


def surprise_at(scores, classes):
    return F.cross_entropy(scores, classes, reduction="none")


# %% right="categorical: multinomial and log_softmax"
def draw_classes(scores, n):
    return torch.multinomial(scores.softmax(dim=1), n, replacement=True).T


def surprise_at(scores, classes):
    return -scores.log_softmax(dim=1).gather(1, classes[:, None]).squeeze(1)


# %% wrong="categorical: scores taken for probabilities"
from torch.distributions import Categorical


def draw_classes(scores, n):
    return Categorical(probs=scores).sample((n,))


def surprise_at(scores, classes):
    return -Categorical(logits=scores).log_prob(classes)


# %% wrong="categorical: a row for each law"
from torch.distributions import Categorical


def draw_classes(scores, n):
    return Categorical(logits=scores).sample((n,)).T


def surprise_at(scores, classes):
    return -Categorical(logits=scores).log_prob(classes)


# %% wrong="categorical: no minus"
from torch.distributions import Categorical


def draw_classes(scores, n):
    return Categorical(logits=scores).sample((n,))


def surprise_at(scores, classes):
    return Categorical(logits=scores).log_prob(classes)


# %% wrong="categorical: the entropy for the surprise"
from torch.distributions import Categorical


def draw_classes(scores, n):
    return Categorical(logits=scores).sample((n,))


def surprise_at(scores, classes):
    return Categorical(logits=scores).entropy()


# %% wrong="categorical: one draw, n times"
from torch.distributions import Categorical


def draw_classes(scores, n):
    return Categorical(logits=scores).sample().expand(n, -1)


def surprise_at(scores, classes):
    return -Categorical(logits=scores).log_prob(classes)


# %% right="moments: by tensors"
def expectation(g, values, p):
    return (torch.tensor([g(v) for v in values.tolist()], dtype=torch.float64) * p.double()).sum().item()


def moments(values, p):
    values, p = values.double(), p.double()
    mean = (values * p).sum()
    far = values - mean
    variance = (far**2 * p).sum()
    third, fourth = (far**3 * p).sum() / variance**1.5, (far**4 * p).sum() / variance**2
    return mean.item(), variance.item(), third.item(), fourth.item()


# %% right="moments: raw moments, put together"
def expectation(g, values, p):
    total = 0.0
    for k in range(len(values)):
        total += p[k].item() * g(values[k].item())
    return total


def moments(values, p):
    m1, m2, m3, m4 = (expectation(lambda x, k=k: x**k, values, p) for k in (1, 2, 3, 4))
    variance = m2 - m1**2
    third = m3 - 3 * m1 * m2 + 2 * m1**3
    fourth = m4 - 4 * m1 * m3 + 6 * m1**2 * m2 - 3 * m1**4
    return m1, variance, third / variance**1.5, fourth / variance**2


# %% wrong="moments: the function of the mean"
def expectation(g, values, p):
    return g((values * p).sum().item())


def moments(values, p):
    values, p = values.double(), p.double()
    mean = (values * p).sum()
    far = values - mean
    variance = (far**2 * p).sum()
    third, fourth = (far**3 * p).sum() / variance**1.5, (far**4 * p).sum() / variance**2
    return mean.item(), variance.item(), third.item(), fourth.item()


# %% wrong="moments: excess kurtosis"
def expectation(g, values, p):
    return sum(chance * g(value) for value, chance in zip(values.tolist(), p.tolist(), strict=True))


def moments(values, p):
    mean = expectation(lambda x: x, values, p)
    variance = expectation(lambda x: (x - mean) ** 2, values, p)
    units = lambda x: (x - mean) / math.sqrt(variance)
    third, fourth = (expectation(lambda x, k=k: units(x) ** k, values, p) for k in (3, 4))
    return mean, variance, third, fourth - 3


# %% wrong="moments: all values equally likely"
def expectation(g, values, p):
    return sum(chance * g(value) for value, chance in zip(values.tolist(), p.tolist(), strict=True))


def moments(values, p):
    values = values.double()
    units = (values - values.mean()) / values.std(correction=0)
    return values.mean().item(), values.var(correction=0).item(), (units**3).mean().item(), (units**4).mean().item()


# %% wrong="moments: third and fourth in the units of X"
def expectation(g, values, p):
    return sum(chance * g(value) for value, chance in zip(values.tolist(), p.tolist(), strict=True))


def moments(values, p):
    mean = expectation(lambda x: x, values, p)
    return mean, *(expectation(lambda x, k=k: (x - mean) ** k, values, p) for k in (2, 3, 4))


# %% equivalent="moments: there are as many probabilities as values"
# - return sum((chance * g(value) for value, chance in zip(values.tolist(), p.tolist(), strict=True)))
# + return sum((chance * g(value) for value, chance in zip(values.tolist(), p.tolist())))


# %% equivalent="moments: an even power has no sign"
# - variance = expectation(lambda x: (x - mean) ** 2, values, p)
# + variance = expectation(lambda x: (mean - x) ** 2, values, p)


# %% equivalent="moments: an even power has no sign, case 2"
# - kurtosis = expectation(lambda x: ((x - mean) / deviation) ** 4, values, p)
# + kurtosis = expectation(lambda x: ((mean - x) / deviation) ** 4, values, p)


# %% equivalent="moments: there are as many probabilities as values, case 2"
# - return sum((chance * g(value) for value, chance in zip(values.tolist(), p.tolist(), strict=True)))
# + return sum((chance * g(value) for value, chance in zip(values.tolist(), p.tolist(), strict=False)))
