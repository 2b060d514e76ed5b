# Answers by a panel that read only the released notebook: what `course audit` grades and counts apart. No student sees them.

# %% right="mass: permutations divided by the orders of the successes, moments as sums over the single trials"
def binomial(k: int, n: int, p: float) -> float:
    """The probability of k successes in n independent trials, each of which succeeds with probability p."""
    return math.perm(n, k) // math.factorial(k) * p**k * math.pow(1 - p, n - k)


def binomial_moments(n: int, p: float) -> tuple[float, float]:
    """The mean and the variance of the number of successes."""
    return sum([p] * n), sum(p * (1 - p) for _ in range(n))


def multinomial_mass(counts: list[int], p: list[float]) -> float:
    """The probability that n independent trials give exactly these counts of the outcomes."""
    n = sum(counts)
    same = math.prod(math.prod(range(1, count + 1)) for count in counts)
    orders = math.perm(n) // same
    return orders * math.prod(math.pow(chance, count) for chance, count in zip(p, counts, strict=True))


# %% right="mass: the orders as a chain of binomial coefficients, one outcome after the other"
def binomial(k: int, n: int, p: float) -> float:
    """The probability of k successes in n independent trials, each of which succeeds with probability p."""
    return math.comb(n, n - k) * p**k * (lambda failure: failure ** (n - k))(1 - p)


def binomial_moments(n: int, p: float) -> tuple[float, float]:
    """The mean and the variance of the number of successes."""
    return p * n, n * (p - p * p)


def multinomial_mass(counts: list[int], p: list[float]) -> float:
    """The probability that n independent trials give exactly these counts of the outcomes."""
    n = sum(counts)
    same = math.prod(math.factorial(count) for count in counts)
    orders = math.prod(math.comb(sum(counts[: place + 1]), count) for place, count in enumerate(counts))
    return orders * math.prod(math.prod([chance] * count) for chance, count in zip(p, counts, strict=True))


# %% right="mass: everything by factorials and true division, the chance by a product of repeated trials"
def binomial(k: int, n: int, p: float) -> float:
    """The probability of k successes in n independent trials, each of which succeeds with probability p."""
    return (
        math.factorial(n) / (math.factorial(k) * math.factorial(n - k)) * p**k * math.prod(1 - p for _ in range(n - k))
    )


def binomial_moments(n: int, p: float) -> tuple[float, float]:
    """The mean and the variance of the number of successes."""
    return math.fsum(p for _ in range(n)), (1 - p) * (n * p)


def multinomial_mass(counts: list[int], p: list[float]) -> float:
    """The probability that n independent trials give exactly these counts of the outcomes."""
    n = sum(counts)
    same = math.prod(math.perm(count, count) for count in counts)
    orders = math.factorial(n) / same
    return orders * math.prod(chance**count for chance, count in zip(p, counts, strict=True))


# %% wrong="mass: the outcomes are permuted and not the trials; breaks: the number of orders n!/(k1! k2! ...), seen with counts [2, 1, 3]"
def binomial(k: int, n: int, p: float) -> float:
    """The probability of k successes in n independent trials, each of which succeeds with probability p."""
    return math.comb(n, k) * p**k * (1 - p) ** (n - k)


def binomial_moments(n: int, p: float) -> tuple[float, float]:
    """The mean and the variance of the number of successes."""
    return n * p, n * p * (1 - p)


def multinomial_mass(counts: list[int], p: list[float]) -> float:
    """The probability that n independent trials give exactly these counts of the outcomes."""
    n = sum(counts)
    same = math.prod(math.factorial(count) for count in counts)
    orders = math.factorial(len(counts)) // same
    return orders * math.prod(chance**count for chance, count in zip(p, counts, strict=True))


# %% right="quantiles: bisection in a Python list whose last step is infinite, and the rank by exact fractions"
from bisect import bisect_left
from fractions import Fraction
from itertools import accumulate


def inverse_cdf(p: torch.Tensor, u: torch.Tensor) -> torch.Tensor:
    steps = list(accumulate(p.double().tolist()))
    steps[-1] = math.inf  # the last step is high enough for everybody
    return torch.tensor([bisect_left(steps, height) for height in u.tolist()])


def percentile(x: torch.Tensor, q: float) -> float:
    rank = -(-Fraction(str(q)) * len(x) // 100)  # exact, rounded up
    return sorted(x.tolist())[rank - 1]


# %% right="quantiles: searchsorted in float64 with a minimum, and kthvalue for the rank"
def inverse_cdf(p: torch.Tensor, u: torch.Tensor) -> torch.Tensor:
    place = torch.searchsorted(p.double().cumsum(dim=0), u.double(), side="left")
    return torch.minimum(place, torch.tensor(p.numel() - 1))


def percentile(x: torch.Tensor, q: float) -> float:
    rank = max(1, math.ceil(q * x.numel() / 100 - 1e-9))
    return torch.kthvalue(x, rank).values.item()


# %% right="quantiles: walks down from the height outcome by outcome, and counts repeated numbers together"
def inverse_cdf(p: torch.Tensor, u: torch.Tensor) -> torch.Tensor:
    left = u.double().clone()
    outcome = torch.zeros(len(u), dtype=torch.long)
    for chance in p.tolist()[:-1]:
        left -= chance
        outcome += left > 0
    return outcome


def percentile(x: torch.Tensor, q: float) -> float:
    different, times_seen = torch.unique(x, return_counts=True)
    no_larger = times_seen.double().cumsum(dim=0)
    for number, count in zip(different.tolist(), no_larger.tolist()):
        if 100 * count >= q * len(x) - 1e-6:
            return number
    return different[-1].item()


# %% wrong="quantiles: the first True by argmax, which is 0 if there is none; breaks: even if the last step ends below a height the answer is the last outcome, seen with p = [0.3, 0.3, 0.3999] and u = 0.99999"
def inverse_cdf(p: torch.Tensor, u: torch.Tensor) -> torch.Tensor:
    return (p.cumsum(dim=0) >= u[:, None]).int().argmax(dim=1)


def percentile(x: torch.Tensor, q: float) -> float:
    rank = max(1, math.ceil(q * x.numel() / 100 - 1e-9))
    return torch.kthvalue(x, rank).values.item()


# %% wrong="quantiles: tops the last probability up in the caller's own tensor; breaks: leaves its inputs unchanged, seen with a law that does not sum to exactly 1"
def inverse_cdf(p: torch.Tensor, u: torch.Tensor) -> torch.Tensor:
    p[-1] += 1 - p.sum()
    return (p.cumsum(dim=0)[:-1] < u[:, None]).sum(dim=1)


def percentile(x: torch.Tensor, q: float) -> float:
    rank = max(1, math.ceil(q * x.numel() / 100 - 1e-9))
    return torch.kthvalue(x, rank).values.item()


# %% wrong="quantiles: sorts with unique and loses the repetitions; breaks: at least q percent of ALL of x are no larger, seen with x = [1, 1, 1, 9] and q = 75"
def inverse_cdf(p: torch.Tensor, u: torch.Tensor) -> torch.Tensor:
    place = torch.searchsorted(p.double().cumsum(dim=0), u.double(), side="left")
    return torch.minimum(place, torch.tensor(p.numel() - 1))


def percentile(x: torch.Tensor, q: float) -> float:
    ordered = x.unique()
    return ordered[max(1, math.ceil(q * len(ordered) / 100 - 1e-9)) - 1].item()


# %% wrong="quantiles: rounds up by adding a half and rounding to even; breaks: the smallest number that is enough, seen with two numbers and q = 50"
def inverse_cdf(p: torch.Tensor, u: torch.Tensor) -> torch.Tensor:
    place = torch.searchsorted(p.double().cumsum(dim=0), u.double(), side="left")
    return torch.minimum(place, torch.tensor(p.numel() - 1))


def percentile(x: torch.Tensor, q: float) -> float:
    rank = round(q * len(x) / 100 + 0.5)
    return x.sort().values[rank - 1].item()


# %% wrong="quantiles: numpy's nanpercentile does the work; breaks: written by hand, without the ready-made percentile"
def inverse_cdf(p: torch.Tensor, u: torch.Tensor) -> torch.Tensor:
    place = torch.searchsorted(p.double().cumsum(dim=0), u.double(), side="left")
    return torch.minimum(place, torch.tensor(p.numel() - 1))


def percentile(x: torch.Tensor, q: float) -> float:
    return float(np.nanpercentile(x.numpy(), q, method="inverted_cdf"))


# %% right="categorical: expands the law to n batches and draws once from all, nll_loss on the law's own normalised logits"
from torch.distributions.categorical import Categorical as RowLaw


def draw_classes(scores: torch.Tensor, n: int) -> torch.Tensor:
    """n independent classes for each row, drawn by the softmax of its scores: (n, rows)."""
    law = RowLaw(logits=scores)
    return law.expand((n, *law.batch_shape)).sample()


def surprise_at(scores: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
    """The negative log-probability of one class (rows,) in each row: (rows,)."""
    law = RowLaw(logits=scores)
    return F.nll_loss(law.logits, classes, reduction="none")


# %% right="categorical: n single draws stacked, and the surprise gathered class by class"
from torch.distributions import Categorical


def draw_classes(scores: torch.Tensor, n: int) -> torch.Tensor:
    """n independent classes for each row, drawn by the softmax of its scores: (n, rows)."""
    law = Categorical(probs=scores.softmax(dim=-1))
    return torch.stack([law.sample() for _ in range(n)])


def surprise_at(scores: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
    """The negative log-probability of one class (rows,) in each row: (rows,)."""
    law = Categorical(logits=scores.log_softmax(dim=1))
    return -law.logits.gather(1, classes[:, None]).squeeze(1)


# %% right="categorical: positional arguments, a Size in place of a tuple, and scores shifted on a copy"
from torch.distributions import Categorical


def draw_classes(scores: torch.Tensor, n: int) -> torch.Tensor:
    """n independent classes for each row, drawn by the softmax of its scores: (n, rows)."""
    law = Categorical(None, scores - scores.amax(dim=1, keepdim=True))
    return law.sample(torch.Size([n]))


def surprise_at(scores: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
    """The negative log-probability of one class (rows,) in each row: (rows,)."""
    law = Categorical(None, scores - scores.amax(dim=1, keepdim=True))
    return law.log_prob(classes).neg()


# %% wrong="categorical: negative scores are cut off at 0 before the softmax; breaks: drawn by the softmax of its scores, seen with scores [-3, 0]"
from torch.distributions import Categorical


def draw_classes(scores: torch.Tensor, n: int) -> torch.Tensor:
    """n independent classes for each row, drawn by the softmax of its scores: (n, rows)."""
    law = Categorical(logits=scores.relu())
    return law.sample((n,))


def surprise_at(scores: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
    """The negative log-probability of one class (rows,) in each row: (rows,)."""
    law = Categorical(logits=scores)
    return -law.log_prob(classes)


# %% wrong="categorical: surprise_at shifts the caller's scores in place; breaks: leaves its inputs unchanged, seen with scores whose maximum is not 0"
from torch.distributions import Categorical


def draw_classes(scores: torch.Tensor, n: int) -> torch.Tensor:
    """n independent classes for each row, drawn by the softmax of its scores: (n, rows)."""
    law = Categorical(logits=scores)
    return law.sample((n,))


def surprise_at(scores: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
    """The negative log-probability of one class (rows,) in each row: (rows,)."""
    law = Categorical(logits=scores.sub_(scores.amax(dim=1, keepdim=True)))
    return -law.log_prob(classes)


# %% right="moments: fsum over a generator that skips what never comes, higher moments by a generator with bound powers"
def expectation(g, values: torch.Tensor, p: torch.Tensor) -> float:
    return math.fsum(chance * g(value) for value, chance in zip(values.tolist(), p.tolist()) if chance > 0)


def moments(values: torch.Tensor, p: torch.Tensor) -> tuple[float, float, float, float]:
    mu = expectation(lambda x: x, values, p)
    variance = expectation(lambda x: (x - mu) ** 2, values, p)
    higher = (expectation(lambda x, power=power: ((x - mu) / variance**0.5) ** power, values, p) for power in (3, 4))
    return mu, variance, *higher


# %% right="moments: numpy dot products in float64, deviations multiplied up power by power on an own copy"
def expectation(g, values: torch.Tensor, p: torch.Tensor) -> float:
    gains = np.array([float(g(value)) for value in values.tolist()])
    return float(gains @ p.detach().double().numpy())


def moments(values: torch.Tensor, p: torch.Tensor) -> tuple[float, float, float, float]:
    x, weight = (one.detach().double().numpy().copy() for one in (values, p))
    mu = x @ weight
    x -= mu
    central, power = [], np.ones_like(x)
    for _ in range(4):
        power *= x
        central.append(float(power @ weight))
    _, second, third, fourth = central
    return float(mu), second, third / second**1.5, fourth / second**2


# %% right="moments: a running sum in a helper class, asked four times"
class WeightedSum:
    def __init__(self, values, p):
        self.pairs = list(zip(values.tolist(), p.tolist(), strict=True))

    def of(self, g):
        total = 0.0
        for value, chance in self.pairs:
            if chance == 0:
                continue
            total += g(value) * chance
        return float(total)


def expectation(g, values: torch.Tensor, p: torch.Tensor) -> float:
    return WeightedSum(values, p).of(g)


def moments(values: torch.Tensor, p: torch.Tensor) -> tuple[float, float, float, float]:
    law = WeightedSum(values, p)
    middle = law.of(float)
    deviation = math.sqrt(law.of(lambda x: (x - middle) * (x - middle)))
    standard = [law.of(lambda x: math.pow((x - middle) / deviation, k)) for k in (3, 4)]
    return (middle, deviation * deviation, standard[0], standard[1])


# %% wrong="moments: collects the law in a dict, so that a repeated value keeps only its last probability; breaks: E[g(X)] is the sum over all entries, seen with values [1, 1, 3]"
def expectation(g, values: torch.Tensor, p: torch.Tensor) -> float:
    law = dict(zip(values.tolist(), p.tolist()))
    return float(sum(g(value) * chance for value, chance in law.items()))


def moments(values: torch.Tensor, p: torch.Tensor) -> tuple[float, float, float, float]:
    mu = expectation(lambda x: x, values, p)
    variance = expectation(lambda x: (x - mu) ** 2, values, p)
    higher = (expectation(lambda x, power=power: ((x - mu) / variance**0.5) ** power, values, p) for power in (3, 4))
    return mu, variance, *higher


# %% wrong="moments: hands tensors without axes to g; breaks: g takes one Python number, seen with a g that asks x.is_integer() or looks x up in a dict"
def expectation(g, values: torch.Tensor, p: torch.Tensor) -> float:
    return float(sum(g(value) * chance for value, chance in zip(values, p)))


def moments(values: torch.Tensor, p: torch.Tensor) -> tuple[float, float, float, float]:
    mu = expectation(lambda x: x, values, p)
    variance = expectation(lambda x: (x - mu) ** 2, values, p)
    higher = (expectation(lambda x, power=power: ((x - mu) / variance**0.5) ** power, values, p) for power in (3, 4))
    return mu, variance, *higher


# %% wrong="moments: Pearson's skewness from the median; breaks: skewness is E[((X - mu)/sigma)^3], seen with values [0, 1, 5] and p = [0.5, 0.25, 0.25]"
def expectation(g, values: torch.Tensor, p: torch.Tensor) -> float:
    return math.fsum(chance * g(value) for value, chance in zip(values.tolist(), p.tolist()) if chance > 0)


def moments(values: torch.Tensor, p: torch.Tensor) -> tuple[float, float, float, float]:
    mu = expectation(lambda x: x, values, p)
    variance = expectation(lambda x: (x - mu) ** 2, values, p)
    order = values.argsort()
    reached, pair = p[order].double().cumsum(dim=0), values[order].double()
    low = int((reached < 0.5 - 1e-6).sum())
    high = min(int((reached < 0.5 + 1e-6).sum()), len(values) - 1)
    median = float(pair[low] + pair[high]) / 2
    kurtosis = expectation(lambda x: (x - mu) ** 4, values, p) / variance**2
    return mu, variance, 3 * (mu - median) / math.sqrt(variance), kurtosis


# %% wrong="moments: divides both higher moments by the variance only; breaks: the deviations are taken in units of sigma, seen with any law whose variance is not 1"
def expectation(g, values: torch.Tensor, p: torch.Tensor) -> float:
    return math.fsum(chance * g(value) for value, chance in zip(values.tolist(), p.tolist()) if chance > 0)


def moments(values: torch.Tensor, p: torch.Tensor) -> tuple[float, float, float, float]:
    mu = expectation(lambda x: x, values, p)
    second, third, fourth = (expectation(lambda x: (x - mu) ** k, values, p) for k in (2, 3, 4))
    return mu, second, third / second, fourth / second


# %% wrong="moments: skewness and kurtosis as plain means over the values, without p; breaks: X takes the values with the probabilities p, seen with p = [0.25, 0.75]"
def expectation(g, values: torch.Tensor, p: torch.Tensor) -> float:
    return math.fsum(chance * g(value) for value, chance in zip(values.tolist(), p.tolist()) if chance > 0)


def moments(values: torch.Tensor, p: torch.Tensor) -> tuple[float, float, float, float]:
    mu = expectation(lambda x: x, values, p)
    variance = expectation(lambda x: (x - mu) ** 2, values, p)
    z = (values.double() - mu) / math.sqrt(variance)
    return mu, variance, z.pow(3).mean().item(), z.pow(4).mean().item()


# %% right="gaussian: nothing is inverted, the second factor solves the system; the deviation times root 2 by hypot; einsum"
def log_normal(x: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> torch.Tensor:
    """The log density (n,) of the Gaussian with this mean and covariance at each row of x."""
    away = x - mean
    distance = (away @ torch.eye(len(mean), dtype=x.dtype) * torch.linalg.solve(cov, away.T).T).sum(dim=1)
    return -1 / 2 * (distance + torch.logdet(cov) + away.shape[-1] * math.log(2 * math.pi))


def share_between(low: float, high: float, mean: float, std: float) -> float:
    """The probability that a normal variable lies between low and high."""
    below = lambda x: 0.5 * (1 + math.erf((x - mean) / math.hypot(std, std)))
    return below(high) - below(low)


def combined(w: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and standard deviation of w · X, for a Gaussian X with this mean and covariance."""
    return w @ mean, torch.einsum("i,ij,j->", w, cov, w) ** 0.5


# %% right="gaussian: inverse from the Cholesky factor, both edges by a map, all pairs as a table"
def log_normal(x: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> torch.Tensor:
    """The log density (n,) of the Gaussian with this mean and covariance at each row of x."""
    away = x - mean
    distance = (away @ torch.cholesky_inverse(torch.linalg.cholesky(cov)) * away).sum(dim=1)
    return (-0.5) * (distance + torch.logdet(cov) + cov.diagonal().numel() * math.log(2 * math.pi))


def share_between(low: float, high: float, mean: float, std: float) -> float:
    """The probability that a normal variable lies between low and high."""
    below = lambda x: 0.5 * (1 + math.erf(0.5**0.5 * (x - mean) / std))
    return float(np.subtract(*map(below, (high, low))))


def combined(w: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and standard deviation of w · X, for a Gaussian X with this mean and covariance."""
    return w @ mean, (torch.outer(w, w) * cov).sum().clamp(min=0).sqrt()


# %% right="gaussian: whitening by the Cholesky factor's inverse on both sides, the share from what lies outside"
def log_normal(x: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> torch.Tensor:
    """The log density (n,) of the Gaussian with this mean and covariance at each row of x."""
    away = x - mean
    white = torch.linalg.inv(torch.linalg.cholesky(cov)).T
    distance = (away @ white * (away @ white)).sum(dim=1)
    return -0.5 * (distance + torch.logdet(cov) + x.size(1) * math.log(2 * math.pi))


def share_between(low: float, high: float, mean: float, std: float) -> float:
    """The probability that a normal variable lies between low and high."""
    below = lambda x: 0.5 * (1 + math.erf((x - mean) / std / math.sqrt(2)))
    return 1 - below(low) - (1 - below(high))


def combined(w: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and standard deviation of w · X, for a Gaussian X with this mean and covariance."""
    return w @ mean, torch.sqrt(torch.dot(cov @ w, w))


# %% wrong="gaussian: one over each entry of the covariance; breaks: the inverse matrix in the formula, seen with d = 2"
def log_normal(x: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> torch.Tensor:
    """The log density (n,) of the Gaussian with this mean and covariance at each row of x."""
    away = x - mean
    distance = (away @ cov.reciprocal() * away).sum(dim=1)
    return -0.5 * (distance + torch.logdet(cov) + len(mean) * math.log(2 * math.pi))


def share_between(low: float, high: float, mean: float, std: float) -> float:
    """The probability that a normal variable lies between low and high."""
    below = lambda x: 0.5 * (1 + math.erf((x - mean) / (std * math.sqrt(2))))
    return below(high) - below(low)


def combined(w: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and standard deviation of w · X, for a Gaussian X with this mean and covariance."""
    return w @ mean, (w @ cov @ w).sqrt()


# %% wrong="gaussian: d is read off as the number of axes of mean, which is always 1; breaks: the term d log 2 pi, seen with d = 2"
def log_normal(x: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> torch.Tensor:
    """The log density (n,) of the Gaussian with this mean and covariance at each row of x."""
    away = x - mean
    distance = (away @ torch.linalg.inv(cov) * away).sum(dim=1)
    return -0.5 * (distance + torch.logdet(cov) + mean.ndim * math.log(2 * math.pi))


def share_between(low: float, high: float, mean: float, std: float) -> float:
    """The probability that a normal variable lies between low and high."""
    below = lambda x: 0.5 * (1 + math.erf((x - mean) / (std * math.sqrt(2))))
    return below(high) - below(low)


def combined(w: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and standard deviation of w · X, for a Gaussian X with this mean and covariance."""
    return w @ mean, (w @ cov @ w).sqrt()


# %% wrong="gaussian: standard deviations add up, as if all were correlated by 1; breaks: the variance adds up all pairs, seen with any cov of d = 2"
def log_normal(x: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> torch.Tensor:
    """The log density (n,) of the Gaussian with this mean and covariance at each row of x."""
    away = x - mean
    distance = (away @ torch.linalg.inv(cov) * away).sum(dim=1)
    return -0.5 * (distance + torch.logdet(cov) + len(mean) * math.log(2 * math.pi))


def share_between(low: float, high: float, mean: float, std: float) -> float:
    """The probability that a normal variable lies between low and high."""
    below = lambda x: 0.5 * (1 + math.erf((x - mean) / (std * math.sqrt(2))))
    return below(high) - below(low)


def combined(w: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and standard deviation of w · X, for a Gaussian X with this mean and covariance."""
    return w @ mean, w.abs() @ cov.diagonal().sqrt()


# %% wrong="gaussian: takes sizes of the weights; breaks: the sum over all pairs w_i w_j, seen with w = [1, -1] and correlated variables"
def log_normal(x: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> torch.Tensor:
    """The log density (n,) of the Gaussian with this mean and covariance at each row of x."""
    away = x - mean
    distance = (away @ torch.linalg.inv(cov) * away).sum(dim=1)
    return -0.5 * (distance + torch.logdet(cov) + len(mean) * math.log(2 * math.pi))


def share_between(low: float, high: float, mean: float, std: float) -> float:
    """The probability that a normal variable lies between low and high."""
    below = lambda x: 0.5 * (1 + math.erf((x - mean) / (std * math.sqrt(2))))
    return below(high) - below(low)


def combined(w: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and standard deviation of w · X, for a Gaussian X with this mean and covariance."""
    return w @ mean, (w.abs() @ cov @ w.abs()).sqrt()


# %% right="fit: a dot product of standardised values, the deviation as the length of a vector"
def nll(x: torch.Tensor, mean: torch.Tensor, log_std: torch.Tensor) -> torch.Tensor:
    z = (x - mean) * torch.exp(-log_std)
    return log_std + 0.5 * (z @ z / z.numel() + math.log(math.tau))


def fit_normal(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    centre = x.mean()
    return centre, torch.linalg.vector_norm(x - centre) / math.sqrt(len(x))


# %% right="fit: PyTorch's Normal inside, std_mean with correction 0 turned round"
from torch.distributions import Normal


def nll(x: torch.Tensor, mean: torch.Tensor, log_std: torch.Tensor) -> torch.Tensor:
    return Normal(loc=mean, scale=log_std.exp()).log_prob(x).mean().neg()


def fit_normal(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.std_mean(x, correction=0)[::-1]


# %% right="fit: sums over pieces of 64 observations, and a running mean and spread in Python numbers"
def nll(x: torch.Tensor, mean: torch.Tensor, log_std: torch.Tensor) -> torch.Tensor:
    total = 0
    for part in x.split(64):
        total = total + ((part - mean).square() / (2 * (2 * log_std).exp())).sum()
    return total / len(x) + log_std + 0.5 * math.log(2 * math.pi)


def fit_normal(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    middle = spread = 0.0
    for seen, one in enumerate(x.tolist(), start=1):
        jump = one - middle
        middle += jump / seen
        spread += jump * (one - middle)
    return x.new_tensor(middle), x.new_tensor(math.sqrt(spread / len(x)))


# %% wrong="fit: the deviation below the fraction is detached; breaks: gradients flow back to log_std (its slope is always 1), seen when the gradient is compared"
def nll(x: torch.Tensor, mean: torch.Tensor, log_std: torch.Tensor) -> torch.Tensor:
    std = log_std.exp().detach()
    return log_std + 0.5 * math.log(2 * math.pi) + ((x - mean) ** 2 / (2 * std**2)).mean()


def fit_normal(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    centre = x.mean()
    return centre, torch.linalg.vector_norm(x - centre) / math.sqrt(len(x))


# %% wrong="fit: reads log_std as the logarithm of the variance; breaks: standard deviation exp(log_std), seen with log_std = 0.5"
def nll(x: torch.Tensor, mean: torch.Tensor, log_std: torch.Tensor) -> torch.Tensor:
    return 0.5 * (log_std + math.log(2 * math.pi) + (x - mean).square().mean() / log_std.exp())


def fit_normal(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    centre = x.mean()
    return centre, torch.linalg.vector_norm(x - centre) / math.sqrt(len(x))


# %% wrong="fit: multiplies the densities before it takes the logarithm; breaks: a product of 4,000 densities underflows, seen with a few hundred observations"
def nll(x: torch.Tensor, mean: torch.Tensor, log_std: torch.Tensor) -> torch.Tensor:
    std = log_std.exp()
    densities = torch.exp(-0.5 * ((x - mean) / std) ** 2) / (std * math.sqrt(2 * math.pi))
    return -densities.prod().log() / len(x)


def fit_normal(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    centre = x.mean()
    return centre, torch.linalg.vector_norm(x - centre) / math.sqrt(len(x))


# %% wrong="fit: the middle is the interpolated median; breaks: the normal law with the highest likelihood, seen with x = [0, 0, 9]"
def nll(x: torch.Tensor, mean: torch.Tensor, log_std: torch.Tensor) -> torch.Tensor:
    z = (x - mean) * torch.exp(-log_std)
    return log_std + 0.5 * (z @ z / z.numel() + math.log(math.tau))


def fit_normal(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    centre = torch.quantile(x, 0.5)
    return centre, (x - centre).square().mean().sqrt()


# %% wrong="fit: repairs x.std() and answers a single number with a float32 zero; breaks: returns tensors of the same type, seen with one float64 number"
def nll(x: torch.Tensor, mean: torch.Tensor, log_std: torch.Tensor) -> torch.Tensor:
    z = (x - mean) * torch.exp(-log_std)
    return log_std + 0.5 * (z @ z / z.numel() + math.log(math.tau))


def fit_normal(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    n = len(x)
    if n == 1:
        return x[0].clone(), torch.zeros(())
    return x.mean(), x.std() * math.sqrt((n - 1) / n)


# %% right="beta: prior and tosses are zipped, the total is found back from the mean"
def posterior(a, b, heads, tails):
    """The parameters of the Beta law after these tosses, from the prior Beta(a, b)."""
    return tuple(before + seen for before, seen in zip((a, b), (heads, tails)))


def beta_moments(a, b):
    """Mean and variance of Beta(a, b)."""
    mean = (lambda total: a / total)(a + b)
    return mean, mean * (1 - mean) / (a / mean + 1)


def beta_log_density(p: float, a: float, b: float) -> float:
    """The logarithm of the density of Beta(a, b) at p."""
    constant = math.lgamma(sum((a, b))) - math.lgamma(a) - math.lgamma(b)
    return constant + (-1 + a) * math.log(p) + math.log1p(-p) * (b - 1)


# %% right="beta: odds in place of shares, and the second exponent as a difference of two terms"
def posterior(a, b, heads, tails):
    """The parameters of the Beta law after these tosses, from the prior Beta(a, b)."""
    return (heads + a, tails + b)


def beta_moments(a, b):
    """Mean and variance of Beta(a, b)."""
    mean = 1 / (1 + b / a)
    return mean, mean * (1 - mean) / (1 + b + a)


def beta_log_density(p: float, a: float, b: float) -> float:
    """The logarithm of the density of Beta(a, b) at p."""
    constant = math.lgamma(math.fsum([a, b])) - math.lgamma(a) - math.lgamma(b)
    return constant + (a - 1.0) * math.log(p) + (b * math.log(1 - p) - math.log(1 - p))


# %% right="beta: the mean as what tails leave over, unpacked pairs"
def posterior(a, b, heads, tails):
    """The parameters of the Beta law after these tosses, from the prior Beta(a, b)."""
    return *[heads + a], *[tails + b]


def beta_moments(a, b):
    """Mean and variance of Beta(a, b)."""
    mean = 1 - b / (b + a)
    return mean, mean * (1 - mean) / ((a + b) + 1)


def beta_log_density(p: float, a: float, b: float) -> float:
    """The logarithm of the density of Beta(a, b) at p."""
    constant = math.lgamma(b + a) - math.lgamma(a) - math.lgamma(b)
    return constant + (a + (-1)) * math.log(p) + -(1 - b) * math.log1p(-p)


# %% wrong="beta: the prior is multiplied by the tosses plus one; breaks: the exponents add up, seen with the prior Beta(2, 2)"
def posterior(a, b, heads, tails):
    """The parameters of the Beta law after these tosses, from the prior Beta(a, b)."""
    return a * (heads + 1), b * (tails + 1)


def beta_moments(a, b):
    """Mean and variance of Beta(a, b)."""
    mean = a / (a + b)
    return mean, mean * (1 - mean) / (a + b + 1)


def beta_log_density(p: float, a: float, b: float) -> float:
    """The logarithm of the density of Beta(a, b) at p."""
    constant = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return constant + (a - 1) * math.log(p) + (b - 1) * math.log(1 - p)


# %% wrong="beta: the total is added by fsum, which takes only numbers; breaks: should also work entry by entry on tensors, seen with tensors of three entries"
def posterior(a, b, heads, tails):
    """The parameters of the Beta law after these tosses, from the prior Beta(a, b)."""
    return a + heads, b + tails


def beta_moments(a, b):
    """Mean and variance of Beta(a, b)."""
    mean = a / math.fsum((a, b))
    return mean, mean * (1 - mean) / (a + b + 1)


def beta_log_density(p: float, a: float, b: float) -> float:
    """The logarithm of the density of Beta(a, b) at p."""
    constant = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return constant + (a - 1) * math.log(p) + (b - 1) * math.log(1 - p)


# %% wrong="beta: one more toss is added in place of b; breaks: mean a / (a + b), seen with Beta(2, 5)"
def posterior(a, b, heads, tails):
    """The parameters of the Beta law after these tosses, from the prior Beta(a, b)."""
    return a + heads, b + tails


def beta_moments(a, b):
    """Mean and variance of Beta(a, b)."""
    mean = a / (a + 1)
    return mean, mean * (1 - mean) / (a + b + 1)


def beta_log_density(p: float, a: float, b: float) -> float:
    """The logarithm of the density of Beta(a, b) at p."""
    constant = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return constant + (a - 1) * math.log(p) + (b - 1) * math.log(1 - p)


# %% right="shrink: ridge by the singular values, lasso in numpy on the Gram matrix until nothing moves"
def ridge(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    u, s, vh = torch.linalg.svd(x, full_matrices=False)
    return vh.T @ (s / (s**2 + penalty) * (u.T @ y))


def lasso(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    gram, pull = (x.T @ x).numpy(), (x.T @ y).numpy()
    w = np.zeros(len(pull))
    for _ in range(3000):
        before = w.copy()
        for j in range(len(w)):
            rho = pull[j] - gram[j] @ w + gram[j, j] * w[j]
            w[j] = np.sign(rho) * max(abs(rho) - penalty, 0.0) / gram[j, j]
        if np.abs(w - before).max() <= 1e-13 * np.abs(w).max():
            break
    return torch.from_numpy(w)


# %% right="shrink: ridge as least squares with further rows, lasso by softshrink and a residual that is kept up to date"
def ridge(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    d = x.shape[1]
    further = math.sqrt(penalty) * torch.eye(d, dtype=x.dtype)
    goal = torch.cat([y, y.new_zeros(d)])[:, None]
    return torch.linalg.lstsq(torch.cat([x, further]), goal).solution[:, 0]


def lasso(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    w, rest = torch.zeros_like(x[0]), y.clone()
    squares = x.square().sum(dim=0)
    for _ in range(6000):
        before = w.clone()
        for j, column in enumerate(x.unbind(dim=1)):
            rest += w[j] * column
            w[j] = F.softshrink(column @ rest, float(penalty)) / squares[j]
            rest -= w[j] * column
        if (w - before).abs().max() <= 1e-12 * w.abs().max():
            break
    return w


# %% right="shrink: ridge by the system with one equation per row of x, lasso in Python lists from the last feature to the first"
def ridge(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    between_rows = x @ x.T + penalty * torch.eye(x.shape[0], dtype=torch.float64)
    return x.T @ torch.linalg.solve(between_rows, y)


def lasso(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    table, goal = (x.T @ x).tolist(), (x.T @ y).tolist()
    w = [0.0] * len(goal)

    def sweep():
        moved = 0.0
        for j in reversed(range(len(w))):
            rho = goal[j] - sum(g * v for k, (g, v) in enumerate(zip(table[j], w)) if k != j)
            if rho > penalty:
                new = (rho - penalty) / table[j][j]
            elif rho < -penalty:
                new = (rho + penalty) / table[j][j]
            else:
                new = 0.0
            moved, w[j] = max(moved, abs(new - w[j])), new
        return moved

    for _ in range(4000):
        if sweep() == 0.0:
            break
    return torch.tensor(w, dtype=torch.float64)


# %% wrong="shrink: the further rows carry the penalty and not its root; breaks: penalty times the squared norm, seen with penalty 4"
def ridge(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    d = x.shape[1]
    tall = torch.cat([x, penalty * torch.eye(d, dtype=x.dtype)])
    return torch.linalg.lstsq(tall, torch.cat([y, torch.zeros(d, dtype=y.dtype)])[:, None]).solution.squeeze(1)


def lasso(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    gram, pull = (x.T @ x).numpy(), (x.T @ y).numpy()
    w = np.zeros(len(pull))
    for _ in range(3000):
        before = w.copy()
        for j in range(len(w)):
            rho = pull[j] - gram[j] @ w + gram[j, j] * w[j]
            w[j] = np.sign(rho) * max(abs(rho) - penalty, 0.0) / gram[j, j]
        if np.abs(w - before).max() <= 1e-13 * np.abs(w).max():
            break
    return torch.from_numpy(w)


# %% wrong="shrink: all weights are renewed at the same time from the old ones; breaks: one weight with the others held still, seen with three strongly correlated columns, where it never settles"
def ridge(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    u, s, vh = torch.linalg.svd(x, full_matrices=False)
    return vh.T @ (s / (s**2 + penalty) * (u.T @ y))


def lasso(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    w, squares = torch.zeros(x.shape[1], dtype=x.dtype), x.square().sum(dim=0)
    for _ in range(500):
        rho = x.T @ (y - x @ w) + squares * w
        w = rho.sign() * (rho.abs() - penalty).clamp(min=0) / squares
    return w


# %% wrong="shrink: lasso as ridge whose penalties are renewed from the last weights; breaks: a weight that should be zero must be exactly 0, seen with any lasso solution that has a zero"
def ridge(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    u, s, vh = torch.linalg.svd(x, full_matrices=False)
    return vh.T @ (s / (s**2 + penalty) * (u.T @ y))


def lasso(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    w = torch.linalg.pinv(x) @ y
    for _ in range(200):
        w = torch.linalg.solve(x.T @ x + torch.diag(penalty / (w.abs() + 1e-10)), x.T @ y)
    return w


# %% wrong="shrink: pulls by at most 1 whatever the penalty is; breaks: pulled towards 0 by lambda, seen with penalty 0.5 or 3"
def ridge(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    u, s, vh = torch.linalg.svd(x, full_matrices=False)
    return vh.T @ (s / (s**2 + penalty) * (u.T @ y))


def lasso(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    w = torch.zeros(x.shape[1], dtype=torch.float64)
    for _ in range(400):
        for j in range(len(w)):
            w[j] = 0.0
            rho = x[:, j] @ (y - x @ w)
            w[j] = (rho - rho.clamp(-1, 1)) / (x[:, j] @ x[:, j])
    return w


# %% wrong="shrink: a dozen rounds only; breaks: four correct digits where the columns are correlated, a few hundred rounds, seen with columns of correlation 0.99"
def ridge(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    u, s, vh = torch.linalg.svd(x, full_matrices=False)
    return vh.T @ (s / (s**2 + penalty) * (u.T @ y))


def lasso(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    w = torch.zeros(x.shape[1], dtype=torch.float64)
    for j in list(range(len(w))) * 12:
        column = x[:, j]
        rho = column @ (y - x @ w + column * w[j])
        w[j] = torch.sign(rho) * torch.relu(rho.abs() - penalty) / column.square().sum()
    return w


# %% right="information: special.entr, xlogy, and the divergence over the places of the outcomes that come"
def entropy(p: torch.Tensor) -> torch.Tensor:
    return torch.special.entr(p).sum()


def cross_entropy(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    return torch.xlogy(p, q).sum().neg()


def kl(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    comes = p.nonzero().squeeze(1)
    return (p[comes] * (p[comes].log() - q[comes].log())).sum()


# %% right="information: Python numbers one outcome at a time, with an infinite surprise as early return"
def entropy(p: torch.Tensor) -> torch.Tensor:
    return cross_entropy(p, p)


def cross_entropy(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    total = 0.0
    for true, believed in zip(p.tolist(), q.tolist(), strict=True):
        if true == 0:
            continue
        if believed == 0:
            return torch.tensor(math.inf, dtype=p.dtype)
        total -= true * math.log(believed)
    return torch.tensor(total, dtype=p.dtype)


def kl(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    pairs = [(a, b) for a, b in zip(p.tolist(), q.tolist(), strict=True) if a > 0]
    if any(b == 0 for _, b in pairs):
        return p.new_tensor(math.inf)
    return p.new_tensor(math.fsum(a * math.log(a / b) for a, b in pairs))


# %% right="information: numpy with logarithms written only where an outcome comes, in float64 and back"
def expected_log(p, q):
    weight, inner = p.detach().double().numpy(), q.detach().double().numpy()
    with np.errstate(divide="ignore"):
        logs = np.log(inner, out=np.zeros_like(inner), where=weight > 0)
    return float(np.sum(weight * logs, where=weight > 0))


def entropy(p: torch.Tensor) -> torch.Tensor:
    return torch.tensor(-expected_log(p, p), dtype=p.dtype)


def cross_entropy(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    return torch.tensor(-expected_log(p, q), dtype=p.dtype)


def kl(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    return torch.tensor(expected_log(p, p) - expected_log(p, q), dtype=p.dtype)


# %% wrong="information: a hair is added inside every logarithm of q; breaks: the surprise is infinite where q is 0 and p is not, seen with p = [0.5, 0.5] and q = [1, 0]"
def entropy(p: torch.Tensor) -> torch.Tensor:
    return torch.special.entr(p).sum()


def cross_entropy(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    return -(p * (q + 1e-12).log()).sum()


def kl(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    return cross_entropy(p, q) - entropy(p)


# %% wrong="information: nan_to_num also turns infinity into the largest float; breaks: D is infinite, seen with p = [0.5, 0.5] and q = [1, 0]"
def entropy(p: torch.Tensor) -> torch.Tensor:
    return torch.special.entr(p).sum()


def cross_entropy(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    return torch.xlogy(p, q).sum().neg()


def kl(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    return (p * (p / q).log()).nan_to_num(nan=0.0).sum()


# %% wrong="information: outcomes that are held to be impossible are left out as well; breaks: if q is 0 while p is not the surprise is infinite, seen with p = [0.5, 0.5] and q = [1, 0]"
def entropy(p: torch.Tensor) -> torch.Tensor:
    return torch.special.entr(p).sum()


def cross_entropy(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    both = (p > 0) & (q > 0)
    return -(p[both] * q[both].log()).sum()


def kl(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    comes = p.nonzero().squeeze(1)
    return (p[comes] * (p[comes].log() - q[comes].log())).sum()


# %% wrong="information: cross-entropy with truth and belief exchanged; breaks: the expected surprise of somebody who believes q while p is true, seen with p = [0.9, 0.1] and q = [0.5, 0.5]"
def entropy(p: torch.Tensor) -> torch.Tensor:
    return torch.special.entr(p).sum()


def cross_entropy(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    return -torch.xlogy(q, p).sum()


def kl(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    comes = p.nonzero().squeeze(1)
    return (p[comes] * (p[comes].log() - q[comes].log())).sum()


# %% wrong="information: F.cross_entropy with soft labels, which is nan where both are 0; breaks: if p is 0 its term is 0 whatever the logarithm says, seen with p = q = [1, 0]"
def entropy(p: torch.Tensor) -> torch.Tensor:
    return torch.special.entr(p).sum()


def cross_entropy(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    return F.cross_entropy(q.log()[None], p[None])


def kl(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    comes = p.nonzero().squeeze(1)
    return (p[comes] * (p[comes].log() - q[comes].log())).sum()


# %% right="perplexities: the sequences are concatenated, the perplexity is two to the bits"
def token_loss(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood per token, in nats."""
    return F.cross_entropy(torch.cat(tuple(logits)), torch.cat(tuple(targets)))


def perplexity(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """How many equally likely tokens would leave one as unsure."""
    return 2 ** bits_per_token(logits, targets)


def bits_per_token(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The same surprise in bits."""
    return token_loss(logits, targets) / math.log(2)


def first_loss(vocabulary: int) -> float:
    """About what an untrained model's loss should be, in nats."""
    return -math.log(1 / vocabulary)


# %% right="perplexities: the matrix transpose brings the classes to the second axis, math.e to a tensor's power"
def token_loss(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood per token, in nats."""
    return F.cross_entropy(logits.mT, target=targets)


def perplexity(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """How many equally likely tokens would leave one as unsure."""
    return math.e ** token_loss(logits=logits, targets=targets)


def bits_per_token(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The same surprise in bits."""
    return token_loss(logits, targets) / (math.log(16) / 4)


def first_loss(vocabulary: int) -> float:
    """About what an untrained model's loss should be, in nats."""
    return math.log2(vocabulary) / math.log2(math.e)


# %% right="perplexities: log_softmax beforehand, which a second one leaves as it is, then flattened by end_dim and ravel"
def token_loss(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood per token, in nats."""
    return F.cross_entropy(logits.log_softmax(dim=2).flatten(end_dim=1), targets.ravel())


def perplexity(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """How many equally likely tokens would leave one as unsure."""
    return 1 / token_loss(logits, targets).neg().exp()


def bits_per_token(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The same surprise in bits."""
    return token_loss(logits, targets) / math.log1p(1)


def first_loss(vocabulary: int) -> float:
    """About what an untrained model's loss should be, in nats."""
    return math.log(vocabulary, math.e)


# %% wrong="perplexities: reshapes to the right shape and scrambles the scores; breaks: each place has its own scores, seen with logits that are not all alike"
def token_loss(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood per token, in nats."""
    return F.cross_entropy(logits.reshape(len(logits), logits.shape[2], -1), targets)


def perplexity(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """How many equally likely tokens would leave one as unsure."""
    return token_loss(logits, targets).exp()


def bits_per_token(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The same surprise in bits."""
    return token_loss(logits, targets) / math.log(2)


def first_loss(vocabulary: int) -> float:
    """About what an untrained model's loss should be, in nats."""
    return math.log(vocabulary)


# %% wrong="perplexities: targets are read down the columns, the logits along the rows; breaks: the tokens that really come, seen with two sequences"
def token_loss(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood per token, in nats."""
    return F.cross_entropy(logits.flatten(0, 1), targets.T.reshape(-1))


def perplexity(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """How many equally likely tokens would leave one as unsure."""
    return token_loss(logits, targets).exp()


def bits_per_token(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The same surprise in bits."""
    return token_loss(logits, targets) / math.log(2)


def first_loss(vocabulary: int) -> float:
    """About what an untrained model's loss should be, in nats."""
    return math.log(vocabulary)


# %% wrong="perplexities: token 0 is skipped as if it were padding; breaks: all places of all sequences count alike, seen with targets that hold 0"
def token_loss(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood per token, in nats."""
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=0)


def perplexity(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """How many equally likely tokens would leave one as unsure."""
    return token_loss(logits, targets).exp()


def bits_per_token(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The same surprise in bits."""
    return token_loss(logits, targets) / math.log(2)


def first_loss(vocabulary: int) -> float:
    """About what an untrained model's loss should be, in nats."""
    return math.log(vocabulary)


# %% wrong="perplexities: the mean of each token's exponential; breaks: e to the mean NLL, seen with tokens of different surprise"
def token_loss(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood per token, in nats."""
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


def perplexity(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """How many equally likely tokens would leave one as unsure."""
    return F.cross_entropy(logits.mT, targets, reduction="none").exp().mean()


def bits_per_token(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The same surprise in bits."""
    return token_loss(logits, targets) / math.log(2)


def first_loss(vocabulary: int) -> float:
    """About what an untrained model's loss should be, in nats."""
    return math.log(vocabulary)


# %% wrong="perplexities: the model's own beliefs take the place of the targets; breaks: NLL of the tokens that really come, targets are ignored, seen with logits that are not all alike"
def token_loss(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood per token, in nats."""
    return F.cross_entropy(logits.flatten(0, 1), logits.flatten(0, 1).softmax(dim=1))


def perplexity(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """How many equally likely tokens would leave one as unsure."""
    return token_loss(logits, targets).exp()


def bits_per_token(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The same surprise in bits."""
    return token_loss(logits, targets) / math.log(2)


def first_loss(vocabulary: int) -> float:
    """About what an untrained model's loss should be, in nats."""
    return math.log(vocabulary)


# %% right="mutual: nansum lets both kinds of 0 log 0 go, the rest by the difference of two entropies"
def mutual_information(joint: torch.Tensor) -> torch.Tensor:
    independent = joint.sum(dim=1, keepdim=True) @ joint.sum(dim=0, keepdim=True)
    return (joint * (joint / independent).log()).nansum()


def conditional_entropy(joint: torch.Tensor) -> torch.Tensor:
    return torch.special.entr(joint).sum() - torch.special.entr(joint.sum(dim=1)).sum()


# %% right="mutual: double loops over Python numbers with early continue, the sum by fsum"
def mutual_information(joint: torch.Tensor) -> torch.Tensor:
    table = joint.tolist()
    of_x, of_y = [math.fsum(row) for row in table], [math.fsum(column) for column in zip(*table)]
    terms = []
    for x, row in enumerate(table):
        for y, both in enumerate(row):
            if both == 0:
                continue
            terms.append(both * (math.log(both / of_x[x]) - math.log(of_y[y])))
    return joint.new_tensor(math.fsum(terms))


def conditional_entropy(joint: torch.Tensor) -> torch.Tensor:
    terms = []
    for row in joint.tolist():
        here = math.fsum(row)
        terms.extend(-both * math.log(both / here) for both in row if both > 0)
    return joint.new_tensor(math.fsum(terms))


# %% right="mutual: only the entries above 0 with their places, grouped entropies by index_add"
def mutual_information(joint: torch.Tensor) -> torch.Tensor:
    row, column = joint.nonzero(as_tuple=True)
    both = joint[row, column]
    return both.dot(both.log() - joint.sum(dim=1)[row].log() - joint.sum(dim=0)[column].log())


def conditional_entropy(joint: torch.Tensor) -> torch.Tensor:
    row, column = joint.nonzero(as_tuple=True)
    both = joint[row, column]
    in_row = torch.zeros(joint.shape[0], dtype=joint.dtype).index_add(0, row, both)
    return -(both * (both / in_row[row]).log()).sum()


# %% wrong="mutual: the rows' entropies are averaged as if all rows were equally likely; breaks: averaged over the rows by how likely they are, seen with rows of different mass"
def mutual_information(joint: torch.Tensor) -> torch.Tensor:
    independent = joint.sum(dim=1, keepdim=True) @ joint.sum(dim=0, keepdim=True)
    return (joint * (joint / independent).log()).nansum()


def conditional_entropy(joint: torch.Tensor) -> torch.Tensor:
    within = joint / joint.sum(dim=1, keepdim=True)
    return torch.special.entr(within).sum(dim=1).mean()


# %% wrong="mutual: divides a row of zeros by its sum; breaks: zeros are possible, whole rows too, seen with a joint law that has an empty row (nan)"
def mutual_information(joint: torch.Tensor) -> torch.Tensor:
    independent = joint.sum(dim=1, keepdim=True) @ joint.sum(dim=0, keepdim=True)
    return (joint * (joint / independent).log()).nansum()


def conditional_entropy(joint: torch.Tensor) -> torch.Tensor:
    of_x = joint.sum(dim=1)
    within = joint / of_x[:, None]
    return of_x @ torch.special.entr(within).sum(dim=1)


# %% wrong="mutual: subtracts log of the number of rows for the entropy of X; breaks: conditional entropy, seen with rows that are not equally likely"
def mutual_information(joint: torch.Tensor) -> torch.Tensor:
    independent = joint.sum(dim=1, keepdim=True) @ joint.sum(dim=0, keepdim=True)
    return (joint * (joint / independent).log()).nansum()


def conditional_entropy(joint: torch.Tensor) -> torch.Tensor:
    return torch.special.entr(joint).sum() - math.log(joint.shape[0])


# %% wrong="mutual: writes a tiny number over the zeros of the caller's table; breaks: leaves its inputs unchanged, seen with a table that holds a zero"
def mutual_information(joint: torch.Tensor) -> torch.Tensor:
    joint[joint == 0] = 1e-30
    independent = joint.sum(dim=1, keepdim=True) * joint.sum(dim=0, keepdim=True)
    return torch.xlogy(joint, joint / independent.clamp(min=1e-37)).sum()


def conditional_entropy(joint: torch.Tensor) -> torch.Tensor:
    return torch.special.entr(joint).sum() - torch.special.entr(joint.sum(dim=1)).sum()


# %% wrong="mutual: an early float32 zero for a single row; breaks: returns tensors of the same type, seen with one row of float64"
def mutual_information(joint: torch.Tensor) -> torch.Tensor:
    if 1 in joint.shape:
        return torch.tensor(0.0)
    of_x, of_y = joint.sum(dim=1), joint.sum(dim=0)
    return sum(torch.special.entr(one).sum() for one in (of_x, of_y)) - torch.special.entr(joint).sum()


def conditional_entropy(joint: torch.Tensor) -> torch.Tensor:
    return torch.special.entr(joint).sum() - torch.special.entr(joint.sum(dim=1)).sum()


# %% right="scores: True is larger than False, counts by count_nonzero, Horner's form in the F-score"
def scores(truth: torch.Tensor, says: torch.Tensor, beta: float):
    """Precision, recall, false-positive rate and F-score of yes-or-no answers."""
    true_positives = (truth & says).sum()
    false_positives = (says > truth).sum()
    false_negatives = (truth > says).sum()
    precision = true_positives / torch.count_nonzero(says)
    recall = true_positives / (torch.count_nonzero(truth))
    false_positive_rate = false_positives / torch.count_nonzero(truth.logical_not())
    f_score = (1 + beta**2) * precision * recall / (recall + beta * (beta * precision))
    return precision, recall, false_positive_rate, f_score


# %% right="scores: whoever is in exactly one of the two sets, split by which one it is"
def scores(truth: torch.Tensor, says: torch.Tensor, beta: float):
    """Precision, recall, false-positive rate and F-score of yes-or-no answers."""
    true_positives = (truth & says).sum()
    false_positives = ((truth ^ says) & says).sum()
    false_negatives = ((truth ^ says) & truth).sum()
    precision = true_positives / (true_positives + false_positives)
    recall = true_positives / (false_negatives + true_positives)
    false_positive_rate = false_positives / (len(truth) - true_positives - false_negatives)
    f_score = (1 + beta**2) * precision * recall / (math.pow(beta, 2) * precision + recall)
    return precision, recall, false_positive_rate, f_score


# %% right="scores: answers of one group picked out by indexing, logical functions by name"
def scores(truth: torch.Tensor, says: torch.Tensor, beta: float):
    """Precision, recall, false-positive rate and F-score of yes-or-no answers."""
    true_positives = (truth & says).sum()
    false_positives = (says[truth.logical_not()]).sum()
    false_negatives = (says[truth].logical_not()).sum()
    precision = true_positives / says.long().sum()
    recall = true_positives / (truth.float().sum())
    false_positive_rate = false_positives / says[~truth].numel()
    f_score = (1 + beta**2) * precision * recall / (precision * beta * beta + recall)
    return precision, recall, false_positive_rate, f_score


# %% wrong="scores: beta squared stands at the recall; breaks: a beta above 1 makes recall count more, seen with beta = 2"
def scores(truth: torch.Tensor, says: torch.Tensor, beta: float):
    """Precision, recall, false-positive rate and F-score of yes-or-no answers."""
    true_positives = (truth & says).sum()
    false_positives = (says & ~truth).sum()
    false_negatives = (truth & ~says).sum()
    precision = true_positives / says.sum()
    recall = true_positives / (true_positives + false_negatives)
    false_positive_rate = false_positives / (~truth).sum()
    f_score = (1 + beta**2) * precision * recall / (precision + beta**2 * recall)
    return precision, recall, false_positive_rate, f_score


# %% wrong="scores: false alarms as a share of the eights; breaks: of all the others which share raises an alarm, seen with 6 eights among 16"
def scores(truth: torch.Tensor, says: torch.Tensor, beta: float):
    """Precision, recall, false-positive rate and F-score of yes-or-no answers."""
    true_positives = (truth & says).sum()
    false_positives = (says & ~truth).sum()
    false_negatives = (truth & ~says).sum()
    precision = true_positives / says.sum()
    recall = true_positives / (true_positives + false_negatives)
    false_positive_rate = false_positives / truth.sum()
    f_score = (1 + beta**2) * precision * recall / (beta**2 * precision + recall)
    return precision, recall, false_positive_rate, f_score


# %% wrong="scores: what was found as a share of the others; breaks: of the eights which share is found, seen with 6 eights among 16"
def scores(truth: torch.Tensor, says: torch.Tensor, beta: float):
    """Precision, recall, false-positive rate and F-score of yes-or-no answers."""
    true_positives = (truth & says).sum()
    false_positives = (says & ~truth).sum()
    false_negatives = (truth & ~says).sum()
    precision = true_positives / says.sum()
    recall = true_positives / (truth.logical_not().sum())
    false_positive_rate = false_positives / (~truth).sum()
    f_score = (1 + beta**2) * precision * recall / (beta**2 * precision + recall)
    return precision, recall, false_positive_rate, f_score


# %% wrong="scores: the right alarms are divided by the missed ones; breaks: of the alarms which share is right, seen with 2 right alarms, 2 false ones and 3 missed"
def scores(truth: torch.Tensor, says: torch.Tensor, beta: float):
    """Precision, recall, false-positive rate and F-score of yes-or-no answers."""
    true_positives = (truth & says).sum()
    false_positives = (says & ~truth).sum()
    false_negatives = (truth & ~says).sum()
    precision = true_positives / false_negatives
    recall = true_positives / (true_positives + false_negatives)
    false_positive_rate = false_positives / (~truth).sum()
    f_score = (1 + beta**2) * precision * recall / (beta**2 * precision + recall)
    return precision, recall, false_positive_rate, f_score


# %% wrong="scores: turns the caller's truth round in place when it is no longer needed; breaks: leaves its inputs unchanged, seen with any truth"
def scores(truth: torch.Tensor, says: torch.Tensor, beta: float):
    """Precision, recall, false-positive rate and F-score of yes-or-no answers."""
    true_positives = (truth & says).sum()
    false_positives = (says & ~truth).sum()
    false_negatives = (truth & ~says).sum()
    precision = true_positives / says.sum()
    recall = true_positives / (true_positives + false_negatives)
    false_positive_rate = false_positives / truth.logical_not_().sum()
    f_score = (1 + beta**2) * precision * recall / (beta**2 * precision + recall)
    return precision, recall, false_positive_rate, f_score


# %% right="estimates: std_mean, dot products, and a softmax whose shares already have sum 1"
def monte_carlo(values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    deviation, centre = torch.std_mean(values)
    return centre, deviation * len(values) ** -0.5


def importance(values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor) -> torch.Tensor:
    return values @ torch.exp(log_p - log_q) / values.numel()


def self_normalised(
    values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    share = F.softmax(log_p - log_q, dim=0)
    return share @ values, 1 / (share @ share)


# %% right="estimates: deviations as the length of a vector, weights relative to the heaviest draw"
def monte_carlo(values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    n, centre = len(values), values.mean()
    return centre, torch.linalg.vector_norm(values - centre) / math.sqrt(n * (n - 1))


def importance(values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor) -> torch.Tensor:
    return torch.mean(values * log_p.sub(log_q).exp())


def self_normalised(
    values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    lead = log_p - log_q
    lead -= lead[lead.argmax()].clone()
    w = lead.exp_()
    total = w.sum()
    return torch.dot(w, values) / total, total.square() / torch.dot(w, w)


# %% right="estimates: float64 in numpy inside, back to the type of the values at the end"
def as_doubles(*tensors):
    return [one.detach().numpy().astype(np.float64) for one in tensors]


def monte_carlo(values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    (f,) = as_doubles(values)
    return values.new_tensor(f.mean()), values.new_tensor(f.std(ddof=1) / np.sqrt(f.size))


def importance(values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor) -> torch.Tensor:
    f, above, below = as_doubles(values, log_p, log_q)
    return values.new_tensor(np.average(f * np.exp(above - below)))


def self_normalised(
    values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    f, above, below = as_doubles(values, log_p, log_q)
    w = np.exp(above - below - np.max(above - below))
    return values.new_tensor(np.average(f, weights=w)), values.new_tensor(w.sum() ** 2 / np.sum(w * w))


# %% wrong="estimates: the two logarithms are added in importance; breaks: w = p / q, seen with any log_q that is not 0"
def monte_carlo(values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    deviation, centre = torch.std_mean(values)
    return centre, deviation * len(values) ** -0.5


def importance(values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor) -> torch.Tensor:
    return (values * (log_p + log_q).exp()).mean()


def self_normalised(
    values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    share = F.softmax(log_p - log_q, dim=0)
    return share @ values, 1 / (share @ share)


# %% wrong="estimates: the largest log_p is subtracted and not the largest log weight; breaks: the results must not suffer, seen with log_q around -200 (infinite weights, nan)"
def monte_carlo(values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    deviation, centre = torch.std_mean(values)
    return centre, deviation * len(values) ** -0.5


def importance(values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor) -> torch.Tensor:
    return values @ torch.exp(log_p - log_q) / values.numel()


def self_normalised(
    values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    w = (log_p - log_p.max() - log_q).exp()
    return (w * values).sum() / w.sum(), w.sum() ** 2 / w.square().sum()


# %% wrong="estimates: log weights are held between -30 and 30; breaks: log_p may lack any constant, seen with log_p larger by 1000 (all weights become equal)"
def monte_carlo(values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    deviation, centre = torch.std_mean(values)
    return centre, deviation * len(values) ** -0.5


def importance(values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor) -> torch.Tensor:
    return values @ torch.exp(log_p - log_q) / values.numel()


def self_normalised(
    values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    w = (log_p - log_q).clamp(-30, 30).exp()
    return (w * values).sum() / w.sum(), w.sum() ** 2 / w.square().sum()


# %% wrong="estimates: each of the two is turned into shares first and then divided; breaks: one weight may be e^400 times all others, seen with log_q = [0, -400] (a division by 0)"
def monte_carlo(values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    deviation, centre = torch.std_mean(values)
    return centre, deviation * len(values) ** -0.5


def importance(values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor) -> torch.Tensor:
    return values @ torch.exp(log_p - log_q) / values.numel()


def self_normalised(
    values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    w = log_p.softmax(dim=0) / log_q.softmax(dim=0)
    w = w / w.sum()
    return (w * values).sum(), 1 / w.square().sum()


# %% wrong="estimates: the exponential comes first, in float64, and is divided by the largest afterwards; breaks: e^log_p may be larger than what a float can hold, seen with log_p around 1000"
def monte_carlo(values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    deviation, centre = torch.std_mean(values)
    return centre, deviation * len(values) ** -0.5


def importance(values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor) -> torch.Tensor:
    return values @ torch.exp(log_p - log_q) / values.numel()


def self_normalised(
    values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    w = (log_p.double() - log_q.double()).exp()
    w = (w / w.max()).to(values.dtype)
    return (w * values).sum() / w.sum(), w.sum() ** 2 / w.square().sum()


# %% right="gibbs: an endless generator of sweeps, cut by islice"
from itertools import islice


def gibbs(rho: float, n: int, start: tuple[float, float], burn_in: int, thin: int) -> torch.Tensor:
    width = math.sqrt(1 - rho * rho)

    def sweeps(x2):
        while True:
            x1 = random.gauss(rho * x2, width)
            x2 = random.gauss(rho * x1, width)
            yield x1, x2

    kept = islice(sweeps(start[1]), burn_in + thin - 1, burn_in + n * thin, thin)
    return torch.tensor(list(kept)).reshape(n, 2)


# %% right="gibbs: all noise drawn at once, the whole path filled into one tensor, then a slice of it"
def gibbs(rho: float, n: int, start: tuple[float, float], burn_in: int, thin: int) -> torch.Tensor:
    path = torch.randn(burn_in + n * thin, 2, dtype=torch.float64) * ((1 - rho) * (1 + rho)) ** 0.5
    noise, x2 = path.tolist(), start[1]
    for place, (first, second) in enumerate(noise):
        x1 = rho * x2 + first
        x2 = rho * x1 + second
        path[place, 0], path[place, 1] = x1, x2
    return path[burn_in:].reshape(n, thin, 2)[:, -1].clone()


# %% right="gibbs: a walker object that is told how many sweeps to go, with numpy's global generator"
class Walker:
    def __init__(self, rho, place):
        self.rho, self.width = rho, np.sqrt(max(0.0, 1 - rho**2))
        self.x1, self.x2 = place

    def go(self, sweeps):
        for _ in range(sweeps):
            self.x1 = np.random.normal(self.rho * self.x2, self.width)
            self.x2 = np.random.normal(self.rho * self.x1, self.width)
        return self.x1, self.x2


def gibbs(rho: float, n: int, start: tuple[float, float], burn_in: int, thin: int) -> torch.Tensor:
    walker = Walker(rho, start)
    walker.go(burn_in)
    states = torch.empty(n, 2)
    for row in states:
        row[:] = torch.tensor(walker.go(thin))
    return states


# %% wrong="gibbs: keeps the first sweep of each group of thin and not the last; breaks: the state after every thin-th sweep, seen with rho = 0.999, a start at 1000 and thin = 50"
def gibbs(rho: float, n: int, start: tuple[float, float], burn_in: int, thin: int) -> torch.Tensor:
    width = math.sqrt(1 - rho**2)
    x2, kept = start[1], []
    for sweep in range(burn_in + n * thin):
        x1 = rho * x2 + width * random.gauss(0, 1)
        x2 = rho * x1 + width * random.gauss(0, 1)
        if sweep >= burn_in and (sweep - burn_in) % thin == 0:
            kept.append((x1, x2))
    return torch.tensor(kept)


# %% wrong="gibbs: forgets the place reached by the burn-in and goes back to start; breaks: the walk goes on after burn_in sweeps, seen with rho = 0.9, a start at 1000 and a burn-in of 100"
def gibbs(rho: float, n: int, start: tuple[float, float], burn_in: int, thin: int) -> torch.Tensor:
    width = math.sqrt(1 - rho**2)

    def walk(place, sweeps):
        path = []
        for _ in range(sweeps):
            x1 = rho * place[1] + width * random.gauss(0, 1)
            place = (x1, rho * x1 + width * random.gauss(0, 1))
            path.append(place)
        return path

    walk(start, burn_in)
    return torch.tensor(walk(start, n * thin)[thin - 1 :: thin])


# %% wrong="gibbs: draws the noise once for all sweeps between two kept states; breaks: each variable is drawn anew, seen in the deviations with rho = 0.8 and thin = 5"
def gibbs(rho: float, n: int, start: tuple[float, float], burn_in: int, thin: int) -> torch.Tensor:
    width = math.sqrt(1 - rho**2)
    x2, rows = start[1], []
    for _ in range(burn_in):
        x1 = rho * x2 + width * random.gauss(0, 1)
        x2 = rho * x1 + width * random.gauss(0, 1)
    for first, second in (width * torch.randn(n, 2)).tolist():
        for _ in range(thin):
            x1 = rho * x2 + first
            x2 = rho * x1 + second
        rows.append([x1, x2])
    return torch.tensor(rows)


# %% wrong="gibbs: replaces the burn-in by one draw from the standard normal law; breaks: do burn_in sweeps from start, seen with rho = 1 and a burn-in of 3, where x2 must stay at its start"
def gibbs(rho: float, n: int, start: tuple[float, float], burn_in: int, thin: int) -> torch.Tensor:
    width = math.sqrt(1 - rho**2)
    x2 = random.gauss(0, 1) if burn_in > 0 else start[1]
    states = torch.empty(n, 2)
    for row in range(n):
        for _ in range(thin):
            x1 = random.gauss(rho * x2, width)
            x2 = random.gauss(rho * x1, width)
        states[row] = torch.tensor([x1, x2])
    return states


# %% wrong="gibbs: the burn-in counts kept states, so it is shortened to burn_in // thin sweeps; breaks: all in all burn_in + n * thin sweeps, seen with rho = 0.99, a start at 1000, burn_in = 100 and thin = 10"
def gibbs(rho: float, n: int, start: tuple[float, float], burn_in: int, thin: int) -> torch.Tensor:
    width = math.sqrt(1 - rho**2)
    x2, states = start[1], []
    for sweep in range(1, burn_in // thin + n * thin + 1):
        x1 = random.gauss(rho * x2, width)
        x2 = random.gauss(rho * x1, width)
        after = sweep - burn_in // thin
        if after > 0 and after % thin == 0:
            states.append(torch.tensor([x1, x2]))
    return torch.stack(states)


# %% right="metropolis: an exponential waiting time in place of the uniform number, the present height is remembered"
def metropolis(log_p, start: float, step: float, n: int) -> list[float]:
    x, height, chain = start, log_p(start), []
    for _ in range(n):
        proposal = x + step * random.gauss(0, 1)
        there = log_p(proposal)
        if there - height >= -random.expovariate(1.0):
            x, height = proposal, there
        chain.append(x)
    return chain


# %% right="metropolis: a rejection repeats the last state of a list that begins with start, which is cut off at the end"
def metropolis(log_p, start: float, step: float, n: int) -> list[float]:
    chain = [start]
    while len(chain) <= n:
        proposal = random.gauss(chain[-1], step)
        log_ratio = log_p(proposal) - log_p(chain[-1])
        accepted = log_ratio >= 0 or random.random() < math.exp(log_ratio)
        chain.append(proposal if accepted else chain[-1])
    return chain[1:]


# %% right="metropolis: one transition as a function, accumulated over n dummies"
from itertools import accumulate


def metropolis(log_p, start: float, step: float, n: int) -> list[float]:
    def move(x, _):
        proposal = random.normalvariate(x, step)
        log_ratio = log_p(proposal) - log_p(x)
        return proposal if math.log(1.0 - random.random()) <= log_ratio else x

    return list(accumulate(range(n), move, initial=start))[1:]


# %% wrong="metropolis: the exponential is taken before the minimum; breaks: accept uphill with probability 1, seen with a normal law and a start 100 deviations out (OverflowError)"
def metropolis(log_p, start: float, step: float, n: int) -> list[float]:
    x, chain = start, []
    while len(chain) < n:
        proposal = random.gauss(x, step)
        if random.random() < min(1.0, math.exp(log_p(proposal) - log_p(x))):
            x = proposal
        chain.append(x)
    return chain


# %% wrong="metropolis: never goes downhill; breaks: downhill sometimes, with probability p(new)/p(x), seen with a normal law, where it climbs and stays"
def metropolis(log_p, start: float, step: float, n: int) -> list[float]:
    x, chain = start, []
    while len(chain) < n:
        proposal = random.gauss(x, step)
        if log_p(proposal) >= log_p(x):
            x = proposal
        chain.append(x)
    return chain


# %% wrong="metropolis: proposes always around start; breaks: the present x plus normal noise, seen with a start in the tail and small steps"
def metropolis(log_p, start: float, step: float, n: int) -> list[float]:
    x, chain = start, []
    while len(chain) < n:
        proposal = random.gauss(start, step)
        log_ratio = log_p(proposal) - log_p(x)
        if random.random() < math.exp(min(0.0, log_ratio)):
            x = proposal
        chain.append(x)
    return chain


# %% wrong="metropolis: seeds Python's generator from the clock at every call; breaks: seeds no random generator, seen when the caller has seeded it and wants the same chain twice"
def metropolis(log_p, start: float, step: float, n: int) -> list[float]:
    random.seed(time.perf_counter_ns())
    x, chain = start, []
    while len(chain) < n:
        proposal = random.gauss(x, step)
        log_ratio = log_p(proposal) - log_p(x)
        if random.random() < math.exp(min(0.0, log_ratio)):
            x = proposal
        chain.append(x)
    return chain


# %% right="roc: one row for each threshold and the mean within each group, trapezoids with the pair turned round"
def roc(truth: torch.Tensor, score: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    thresholds = score.unique().flip(0)
    called = score >= thresholds[:, None]
    rates = [F.pad(called[:, group].double().mean(dim=1), (1, 0)) for group in (~truth, truth)]
    return rates[0], rates[1]


def auc(truth: torch.Tensor, score: torch.Tensor) -> float:
    return torch.trapezoid(*roc(truth, score)[::-1]).item()


# %% right="roc: counts per different score by unique's inverse and bincount, the area by who is ahead in each pair"
def roc(truth: torch.Tensor, score: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    different, group = torch.unique(score, return_inverse=True)

    def climb(members):
        steps = torch.bincount(group[members], minlength=len(different)).flip(0).cumsum(dim=0)
        return torch.cat([torch.zeros(1), steps / members.sum()])

    return climb(truth.logical_not()), climb(truth)


def auc(truth: torch.Tensor, score: torch.Tensor) -> float:
    found, others = score[truth][:, None], score[~truth]
    ahead = (found > others).double() - (found < others).double()
    return float((1 + ahead.mean()) / 2)


# %% right="roc: goes down the sorted list in Python and notes a point where the score changes, bisection for the pairs"
from bisect import bisect_left, bisect_right
from itertools import groupby


def roc(truth: torch.Tensor, score: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    ranked = sorted(zip(score.tolist(), truth.tolist()), reverse=True)
    wrong, right = [0], [0]
    for _, together in groupby(ranked, key=lambda one: one[0]):
        answers = [yes for _, yes in together]
        right.append(right[-1] + sum(answers))
        wrong.append(wrong[-1] + len(answers) - sum(answers))
    return torch.tensor(wrong) / wrong[-1], torch.tensor(right) / right[-1]


def auc(truth: torch.Tensor, score: torch.Tensor) -> float:
    others, found = sorted(score[~truth].tolist()), score[truth].tolist()
    beaten = sum(bisect_left(others, one) + bisect_right(others, one) for one in found)
    return beaten / (2 * len(others) * len(found))


# %% wrong="roc: thresholds are rounded to two digits; breaks: one point for each different score, seen with scores 0.501 and 0.502"
def roc(truth: torch.Tensor, score: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    coarse = (100 * score.double()).round()
    called = coarse >= coarse.unique().flip(0)[:, None]
    start = torch.zeros(1, dtype=torch.float64)
    return tuple(torch.cat([start, called[:, group].double().mean(dim=1)]) for group in (~truth, truth))


def auc(truth: torch.Tensor, score: torch.Tensor) -> float:
    return torch.trapezoid(*roc(truth, score)[::-1]).item()


# %% wrong="roc: drops points in the middle of a straight stretch; breaks: one point for each different score, seen with two positives at the top"
def roc(truth: torch.Tensor, score: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    called = score >= score.unique().flip(0)[:, None]
    start = torch.zeros(1, dtype=torch.float64)
    x, y = (torch.cat([start, called[:, group].double().mean(dim=1)]) for group in (~truth, truth))
    bend = torch.ones(len(x), dtype=torch.bool)
    for i in range(1, len(x) - 1):
        turn = (x[i] - x[i - 1]) * (y[i + 1] - y[i]) - (y[i] - y[i - 1]) * (x[i + 1] - x[i])
        bend[i] = turn.abs() > 1e-12
    return x[bend], y[bend]


def auc(truth: torch.Tensor, score: torch.Tensor) -> float:
    return torch.trapezoid(*roc(truth, score)[::-1]).item()


# %% wrong="roc: equal scores are joined only where they are neighbours in the unsorted list; breaks: one point for each different score, seen with scores [0.5, 0.9, 0.5]"
def roc(truth: torch.Tensor, score: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    thresholds = score.unique_consecutive().sort(descending=True).values
    called = score >= thresholds[:, None]
    start = torch.zeros(1, dtype=torch.float64)
    return tuple(torch.cat([start, called[:, group].double().mean(dim=1)]) for group in (~truth, truth))


def auc(truth: torch.Tensor, score: torch.Tensor) -> float:
    return torch.trapezoid(*roc(truth, score)[::-1]).item()


# %% wrong="roc: the first point comes from a threshold one above the highest score; breaks: first 0 and 0 for any numbers, seen with float32 scores of 1e9, where adding 1 changes nothing"
def roc(truth: torch.Tensor, score: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    thresholds = torch.cat([score.max()[None] + 1, score.unique().flip(0)])
    called = score >= thresholds[:, None]
    return called[:, ~truth].double().mean(dim=1), called[:, truth].double().mean(dim=1)


def auc(truth: torch.Tensor, score: torch.Tensor) -> float:
    more = score[truth][:, None] - score[~truth]
    return ((more > 0).double() + 0.5 * (more == 0).double()).mean().item()


# %% wrong="roc: divides the pairs by a quarter of n squared; breaks: the probability that a random positive beats a random negative, seen with one positive among five"
def roc(truth: torch.Tensor, score: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    thresholds = score.unique().flip(0)
    called = score >= thresholds[:, None]
    rates = [F.pad(called[:, group].double().mean(dim=1), (1, 0)) for group in (~truth, truth)]
    return rates[0], rates[1]


def auc(truth: torch.Tensor, score: torch.Tensor) -> float:
    more = score[truth][:, None] - score[~truth]
    won = (more > 0).sum() + 0.5 * (more == 0).sum()
    return float(won / (len(truth) / 2) ** 2)


# %% right="ranking: topk, ranks by comparing all with all, and a loop that remembers the best"
def precision_at(truth: torch.Tensor, score: torch.Tensor, k: int) -> float:
    return truth[score.topk(k).indices].double().mean().item()


def average_precision(truth: torch.Tensor, score: torch.Tensor) -> float:
    positives = score[truth]
    rank = (score >= positives[:, None]).sum(dim=1)
    rank_among_right = (positives >= positives[:, None]).sum(dim=1)
    return (rank_among_right.double() / rank).mean().item()


def interpolated_precision(truth: torch.Tensor, score: torch.Tensor, recall: float) -> float:
    best, found, total = 0.0, 0, int(truth.sum())
    for rank, place in enumerate(score.argsort(descending=True).tolist(), start=1):
        found += bool(truth[place])
        if found / total >= recall - 1e-12:
            best = max(best, found / rank)
    return best


# %% right="ranking: nothing but Python lists, a heap for the first k"
import heapq


def down_the_list(truth, score):
    pairs = sorted(zip(score.tolist(), truth.tolist()), reverse=True)
    found = 0
    for rank, (_, yes) in enumerate(pairs, start=1):
        found += yes
        yield yes, found, found / rank


def precision_at(truth: torch.Tensor, score: torch.Tensor, k: int) -> float:
    first = heapq.nlargest(k, zip(score.tolist(), truth.tolist()))
    return sum(yes for _, yes in first) / k


def average_precision(truth: torch.Tensor, score: torch.Tensor) -> float:
    at_hits = [precision for yes, _, precision in down_the_list(truth, score) if yes]
    return math.fsum(at_hits) / len(at_hits)


def interpolated_precision(truth: torch.Tensor, score: torch.Tensor, recall: float) -> float:
    needed = recall * truth.sum().item() - 1e-9
    return max(precision for _, found, precision in down_the_list(truth, score) if found >= needed)


# %% right="ranking: numpy with lexsort, places of the hits by flatnonzero, a running maximum from the end"
def hit_places(truth, score):
    order = np.lexsort((-score.detach().double().numpy(),))
    return np.flatnonzero(truth.numpy()[order])


def precision_at(truth: torch.Tensor, score: torch.Tensor, k: int) -> float:
    return float(np.count_nonzero(hit_places(truth, score) < k) / k)


def average_precision(truth: torch.Tensor, score: torch.Tensor) -> float:
    places = hit_places(truth, score)
    return float(np.mean(np.arange(1, len(places) + 1) / (places + 1)))


def interpolated_precision(truth: torch.Tensor, score: torch.Tensor, recall: float) -> float:
    places = hit_places(truth, score)
    hits = np.arange(1, len(places) + 1)
    envelope = np.maximum.accumulate((hits / (places + 1))[::-1])[::-1]
    needed = max(1, math.ceil(recall * len(places) - 1e-9))
    return float(envelope[needed - 1])


# %% wrong="ranking: divides by the number of positives, which is recall at k; breaks: the share of right ones among the k highest, seen with 2 positives and k = 3"
def precision_at(truth: torch.Tensor, score: torch.Tensor, k: int) -> float:
    return (truth[score.topk(k).indices].sum() / truth.sum()).item()


def average_precision(truth: torch.Tensor, score: torch.Tensor) -> float:
    positives = score[truth]
    rank = (score >= positives[:, None]).sum(dim=1)
    rank_among_right = (positives >= positives[:, None]).sum(dim=1)
    return (rank_among_right.double() / rank).mean().item()


def interpolated_precision(truth: torch.Tensor, score: torch.Tensor, recall: float) -> float:
    best, found, total = 0.0, 0, int(truth.sum())
    for rank, place in enumerate(score.argsort(descending=True).tolist(), start=1):
        found += bool(truth[place])
        if found / total >= recall - 1e-12:
            best = max(best, found / rank)
    return best


# %% wrong="ranking: averages the interpolated precisions; breaks: the mean of the precision at their ranks, seen with wrong, right, right"
def precision_at(truth: torch.Tensor, score: torch.Tensor, k: int) -> float:
    return truth[score.topk(k).indices].double().mean().item()


def average_precision(truth: torch.Tensor, score: torch.Tensor) -> float:
    ranked = truth[score.argsort(descending=True)].double()
    precision = ranked.cumsum(dim=0) / torch.arange(1, len(ranked) + 1)
    envelope = precision.flip(0).cummax(dim=0).values.flip(0)
    return envelope[ranked > 0].mean().item()


def interpolated_precision(truth: torch.Tensor, score: torch.Tensor, recall: float) -> float:
    best, found, total = 0.0, 0, int(truth.sum())
    for rank, place in enumerate(score.argsort(descending=True).tolist(), start=1):
        found += bool(truth[place])
        if found / total >= recall - 1e-12:
            best = max(best, found / rank)
    return best


# %% wrong="ranking: stops at the first rank whose recall is enough; breaks: the highest precision at ANY rank whose recall is at least this, seen with wrong, right, right and recall 0.5"
def precision_at(truth: torch.Tensor, score: torch.Tensor, k: int) -> float:
    return truth[score.topk(k).indices].double().mean().item()


def average_precision(truth: torch.Tensor, score: torch.Tensor) -> float:
    positives = score[truth]
    rank = (score >= positives[:, None]).sum(dim=1)
    rank_among_right = (positives >= positives[:, None]).sum(dim=1)
    return (rank_among_right.double() / rank).mean().item()


def interpolated_precision(truth: torch.Tensor, score: torch.Tensor, recall: float) -> float:
    ranked = truth[score.argsort(descending=True)].tolist()
    found = 0
    for rank, yes in enumerate(ranked, start=1):
        found += yes
        if found >= recall * sum(ranked) - 1e-9:
            return found / rank
    return 0.0


# %% wrong="ranking: takes the truth in the order given, score is ignored; breaks: the rank goes by the scores, seen with interpolated_precision on an unsorted list"
def precision_at(truth: torch.Tensor, score: torch.Tensor, k: int) -> float:
    return truth[score.topk(k).indices].double().mean().item()


def average_precision(truth: torch.Tensor, score: torch.Tensor) -> float:
    positives = score[truth]
    rank = (score >= positives[:, None]).sum(dim=1)
    rank_among_right = (positives >= positives[:, None]).sum(dim=1)
    return (rank_among_right.double() / rank).mean().item()


def interpolated_precision(truth: torch.Tensor, score: torch.Tensor, recall: float) -> float:
    found = truth.double().cumsum(dim=0)
    precision = found / torch.arange(1, len(truth) + 1)
    return precision[found >= recall * found[-1] - 1e-9].max().item()


# %% wrong="ranking: sorts by the whole part of the score; breaks: ranks by the scores, no two of which are equal, seen with scores 0.2 and 0.7"
def precision_at(truth: torch.Tensor, score: torch.Tensor, k: int) -> float:
    return truth[score.topk(k).indices].double().mean().item()


def average_precision(truth: torch.Tensor, score: torch.Tensor) -> float:
    order = sorted(range(len(score)), key=lambda place: -int(score[place]))
    hits = [rank for rank, place in enumerate(order, start=1) if truth[place]]
    return sum(count / rank for count, rank in enumerate(hits, start=1)) / len(hits)


def interpolated_precision(truth: torch.Tensor, score: torch.Tensor, recall: float) -> float:
    best, found, total = 0.0, 0, int(truth.sum())
    for rank, place in enumerate(score.argsort(descending=True).tolist(), start=1):
        found += bool(truth[place])
        if found / total >= recall - 1e-12:
            best = max(best, found / rank)
    return best


# %% right="detections: from the true boxes' side, the best-scored of those who want each and are good enough"
def match(boxes: torch.Tensor, score: torch.Tensor, true_boxes: torch.Tensor, threshold: float) -> torch.Tensor:
    overlap, favourite = iou(boxes, true_boxes).max(dim=1)
    good = overlap >= threshold
    right = torch.zeros(len(boxes), dtype=torch.bool)
    for wanted in favourite.unique().tolist():
        rivals = (good & (favourite == wanted)).nonzero().flatten()
        if len(rivals):
            right[rivals[score[rivals].argmax()]] = True
    return right


def detection_ap(right: torch.Tensor, score: torch.Tensor, objects: int) -> float:
    found, total = 0, 0.0
    for rank, place in enumerate(score.argsort(descending=True).tolist(), start=1):
        if right[place]:
            found += 1
            total += found / rank
    return total / objects


# %% right="detections: a dict whose setdefault lets only the first one claim, the precisions by comparing all with all"
def match(boxes: torch.Tensor, score: torch.Tensor, true_boxes: torch.Tensor, threshold: float) -> torch.Tensor:
    overlap = iou(boxes, true_boxes)
    enough = (overlap.amax(dim=1) >= threshold).tolist()
    favourite = overlap.argmax(dim=1).tolist()
    owner = {}
    for box in sorted(range(len(boxes)), key=score.tolist().__getitem__, reverse=True):
        if enough[box]:
            owner.setdefault(favourite[box], box)
    return torch.tensor([owner.get(wanted) == box for box, wanted in enumerate(favourite)])


def detection_ap(right: torch.Tensor, score: torch.Tensor, objects: int) -> float:
    good = score[right]
    rank = (score >= good[:, None]).sum(dim=1).double()
    among_good = (good >= good[:, None]).sum(dim=1).double()
    return (among_good / rank).sum().item() / objects


# %% right="detections: pairwise, a box is right if no good rival with the same favourite has a higher score; numpy for the AP"
def match(boxes: torch.Tensor, score: torch.Tensor, true_boxes: torch.Tensor, threshold: float) -> torch.Tensor:
    table = iou(a=boxes, b=true_boxes)
    favourite, good = table.argmax(dim=1), table.ge(threshold).any(dim=1)
    same = favourite[:, None] == favourite
    beaten_by = same & good & (score > score[:, None])
    return good & ~beaten_by.any(dim=1)


def detection_ap(right: torch.Tensor, score: torch.Tensor, objects: int) -> float:
    order = np.argsort(-score.detach().numpy())
    ranked = right.numpy()[order].astype(float)
    precision = np.cumsum(ranked) / (1 + np.arange(len(ranked)))
    return float(precision @ ranked) / objects


# %% wrong="detections: a box whose favourite is taken goes for the best one that is free; breaks: a double is wrong even if it also overlaps with another one, seen with two true boxes side by side"
def match(boxes: torch.Tensor, score: torch.Tensor, true_boxes: torch.Tensor, threshold: float) -> torch.Tensor:
    free, right = iou(boxes, true_boxes).clone(), torch.zeros(len(boxes), dtype=torch.bool)
    for box in score.argsort(descending=True):
        overlap, wanted = free[box].max(dim=0)
        if overlap >= threshold:
            right[box] = True
            free[:, wanted] = -1
    return right


def detection_ap(right: torch.Tensor, score: torch.Tensor, objects: int) -> float:
    found, total = 0, 0.0
    for rank, place in enumerate(score.argsort(descending=True).tolist(), start=1):
        if right[place]:
            found += 1
            total += found / rank
    return total / objects


# %% wrong="detections: the favourite is claimed even by a box that overlaps too little; breaks: it claims only if the IoU is at least the threshold, seen with a poor box of high score before a good one"
def match(boxes: torch.Tensor, score: torch.Tensor, true_boxes: torch.Tensor, threshold: float) -> torch.Tensor:
    overlap, favourite = iou(boxes, true_boxes).max(dim=1)
    right, claimed = [False] * len(boxes), set()
    for box in score.argsort(descending=True).tolist():
        wanted = int(favourite[box])
        right[box] = wanted not in claimed and bool(overlap[box] >= threshold)
        if overlap[box] > 0:
            claimed.add(wanted)
    return torch.tensor(right)


def detection_ap(right: torch.Tensor, score: torch.Tensor, objects: int) -> float:
    found, total = 0, 0.0
    for rank, place in enumerate(score.argsort(descending=True).tolist(), start=1):
        if right[place]:
            found += 1
            total += found / rank
    return total / objects


# %% wrong="detections: the favourite is the true box with the nearest centre; breaks: the true box with which it overlaps most, seen with a small and a large true box"
def match(boxes: torch.Tensor, score: torch.Tensor, true_boxes: torch.Tensor, threshold: float) -> torch.Tensor:
    centre = lambda some: (some[:, :2] + some[:, 2:]) / 2
    favourite = torch.cdist(centre(boxes), centre(true_boxes)).argmin(dim=1)
    overlap = iou(boxes, true_boxes)
    right, claimed = torch.zeros(len(boxes), dtype=torch.bool), set()
    for box in score.argsort(descending=True).tolist():
        wanted = favourite[box].item()
        if overlap[box, wanted] >= threshold and wanted not in claimed:
            claimed.add(wanted)
            right[box] = True
    return right


def detection_ap(right: torch.Tensor, score: torch.Tensor, objects: int) -> float:
    found, total = 0, 0.0
    for rank, place in enumerate(score.argsort(descending=True).tolist(), start=1):
        if right[place]:
            found += 1
            total += found / rank
    return total / objects


# %% wrong="detections: the precision at a rank is the highest from there on; breaks: the sum of the precisions at the ranks of the right boxes, seen with wrong, right, right"
def match(boxes: torch.Tensor, score: torch.Tensor, true_boxes: torch.Tensor, threshold: float) -> torch.Tensor:
    overlap, favourite = iou(boxes, true_boxes).max(dim=1)
    good = overlap >= threshold
    right = torch.zeros(len(boxes), dtype=torch.bool)
    for wanted in favourite.unique().tolist():
        rivals = (good & (favourite == wanted)).nonzero().flatten()
        if len(rivals):
            right[rivals[score[rivals].argmax()]] = True
    return right


def detection_ap(right: torch.Tensor, score: torch.Tensor, objects: int) -> float:
    ranked = right[score.argsort(descending=True)].double()
    precision = ranked.cumsum(dim=0) / torch.arange(1, len(ranked) + 1)
    highest = precision.flip(0).cummax(dim=0).values.flip(0)
    return float(highest @ ranked) / objects


# %% wrong="detections: takes the boxes in the order given, score is ignored; breaks: precisions at the ranks by score, seen with boxes that are not sorted"
def match(boxes: torch.Tensor, score: torch.Tensor, true_boxes: torch.Tensor, threshold: float) -> torch.Tensor:
    overlap, favourite = iou(boxes, true_boxes).max(dim=1)
    good = overlap >= threshold
    right = torch.zeros(len(boxes), dtype=torch.bool)
    for wanted in favourite.unique().tolist():
        rivals = (good & (favourite == wanted)).nonzero().flatten()
        if len(rivals):
            right[rivals[score[rivals].argmax()]] = True
    return right


def detection_ap(right: torch.Tensor, score: torch.Tensor, objects: int) -> float:
    places = right.nonzero().flatten().tolist()
    return sum(count / (place + 1) for count, place in enumerate(places, start=1)) / objects
