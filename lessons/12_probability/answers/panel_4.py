# Answers by a panel that read only the released notebook: what `course audit` grades and counts apart. No student sees them.

# %% right="mass: math.comb and a product over prefixes with comb"
def binomial(k: int, n: int, p: float) -> float:
    return math.comb(n, k) * p**k * (1 - p) ** (n - k)


def binomial_moments(n: int, p: float) -> tuple[float, float]:
    mean = n * p
    return mean, mean * (1 - p)


def multinomial_mass(counts: list[int], p: list[float]) -> float:
    seen, orders, chance = 0, 1, 1.0
    for count, one in zip(counts, p, strict=True):
        seen += count
        orders *= math.comb(seen, count)
        chance *= one**count
    return orders * chance


# %% right="mass: the template with factorials"
def binomial(k: int, n: int, p: float) -> float:
    """The probability of k successes in n independent trials, each of which succeeds with probability p."""
    return math.factorial(n) // (math.factorial(k) * math.factorial(n - k)) * p**k * (1 - p) ** (n - k)


def binomial_moments(n: int, p: float) -> tuple[float, float]:
    """The mean and the variance of the number of successes."""
    return n * p, n * p * (1 - p)


def multinomial_mass(counts: list[int], p: list[float]) -> float:
    """The probability that n independent trials give exactly these counts of the outcomes."""
    n = sum(counts)
    same = math.prod(math.factorial(count) for count in counts)
    orders = math.factorial(n) // same
    return orders * math.prod(chance**count for chance, count in zip(p, counts, strict=True))


# %% right="mass: binomial as a multinomial with two outcomes, moments by summing over the law"
def multinomial_mass(counts: list[int], p: list[float]) -> float:
    n = sum(counts)
    result = float(math.factorial(n))
    for count, chance in zip(counts, p):
        result = result / math.factorial(count) * chance**count
    return result


def binomial(k: int, n: int, p: float) -> float:
    return multinomial_mass([k, n - k], [p, 1 - p])


def binomial_moments(n: int, p: float) -> tuple[float, float]:
    law = [math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)]
    mean = sum(k * mass for k, mass in enumerate(law))
    return mean, sum((k - mean) ** 2 * mass for k, mass in enumerate(law))


# %% wrong="mass: failures have probability p too; breaks: each trial succeeds with probability p, seen with p other than one half"
def binomial(k: int, n: int, p: float) -> float:
    return math.comb(n, k) * p**k * p ** (n - k)


def binomial_moments(n: int, p: float) -> tuple[float, float]:
    return n * p, n * p * (1 - p)


def multinomial_mass(counts: list[int], p: list[float]) -> float:
    n = sum(counts)
    same = math.prod(math.factorial(count) for count in counts)
    orders = math.factorial(n) // same
    return orders * math.prod(chance**count for chance, count in zip(p, counts, strict=True))


# %% wrong="mass: divides by the counts, not by their factorials; breaks: the number of orders, seen with a count of 3"
def binomial(k: int, n: int, p: float) -> float:
    return math.comb(n, k) * p**k * (1 - p) ** (n - k)


def binomial_moments(n: int, p: float) -> tuple[float, float]:
    return n * p, n * p * (1 - p)


def multinomial_mass(counts: list[int], p: list[float]) -> float:
    n = sum(counts)
    same = math.prod(max(count, 1) for count in counts)
    orders = math.factorial(n) / same
    return orders * math.prod(chance**count for chance, count in zip(p, counts, strict=True))


# %% wrong="mass: variance n p squared; breaks: the variance of the number of successes, seen with p other than one half"
def binomial(k: int, n: int, p: float) -> float:
    return math.comb(n, k) * p**k * (1 - p) ** (n - k)


def binomial_moments(n: int, p: float) -> tuple[float, float]:
    return n * p, n * p * p


def multinomial_mass(counts: list[int], p: list[float]) -> float:
    n = sum(counts)
    same = math.prod(math.factorial(count) for count in counts)
    orders = math.factorial(n) // same
    return orders * math.prod(chance**count for chance, count in zip(p, counts, strict=True))


# %% wrong="mass: the multinomial is computed with tensors and returned as one; breaks: returns plain Python numbers, not tensors"
def binomial(k: int, n: int, p: float) -> float:
    return math.comb(n, k) * p**k * (1 - p) ** (n - k)


def binomial_moments(n: int, p: float) -> tuple[float, float]:
    return n * p, n * p * (1 - p)


def multinomial_mass(counts: list[int], p: list[float]) -> float:
    n = sum(counts)
    same = math.prod(math.factorial(count) for count in counts)
    orders = math.factorial(n) // same
    return orders * (torch.tensor(p).double() ** torch.tensor(counts)).prod()


# %% wrong="mass: each factor is chance times count; breaks: the product of the trials' probabilities, seen with any count other than 1"
def binomial(k: int, n: int, p: float) -> float:
    return math.comb(n, k) * p**k * (1 - p) ** (n - k)


def binomial_moments(n: int, p: float) -> tuple[float, float]:
    return n * p, n * p * (1 - p)


def multinomial_mass(counts: list[int], p: list[float]) -> float:
    n = sum(counts)
    same = math.prod(math.factorial(count) for count in counts)
    orders = math.factorial(n) // same
    return orders * math.prod(chance * count for chance, count in zip(p, counts, strict=True))


# %% right="quantiles: counts the steps that end below, percentile by walking up the sorted numbers"
def inverse_cdf(p: torch.Tensor, u: torch.Tensor) -> torch.Tensor:
    below = (p.cumsum(dim=0)[None, :] < u[:, None]).sum(dim=1)
    return below.clamp(max=len(p) - 1)


def percentile(x: torch.Tensor, q: float) -> float:
    n = len(x)
    for rank, number in enumerate(sorted(x.tolist()), start=1):
        if 100 * rank >= q * n - 1e-9:
            return number
    return float(x.max())


# %% right="quantiles: searchsorted on all steps but the last, integer-safe ceiling"
def inverse_cdf(p: torch.Tensor, u: torch.Tensor) -> torch.Tensor:
    steps = p.cumsum(0)[:-1].contiguous()
    return torch.searchsorted(steps, u.contiguous())


def percentile(x: torch.Tensor, q: float) -> float:
    n = x.numel()
    rank = math.ceil(q * n / 100 - 1e-9)
    rank = min(max(rank, 1), n)
    return x.sort().values[rank - 1].item()


# %% right="quantiles: plain loops over the heights, heapless selection by kthvalue"
def inverse_cdf(p: torch.Tensor, u: torch.Tensor) -> torch.Tensor:
    steps = p.cumsum(dim=0).tolist()
    answers = []
    for height in u.tolist():
        k = 0
        while k < len(steps) - 1 and steps[k] < height:
            k += 1
        answers.append(k)
    return torch.tensor(answers, dtype=torch.long)


def percentile(x: torch.Tensor, q: float) -> float:
    rank = 1
    while rank < len(x) and rank * 100 < q * len(x) - 1e-9:
        rank += 1
    return float(x.kthvalue(rank).values)


# %% wrong="quantiles: no last outcome for heights above the last step; breaks: even if the last step ends a hair below some height the answer is the last outcome, seen with p that sums to a bit less than 1"
def inverse_cdf(p: torch.Tensor, u: torch.Tensor) -> torch.Tensor:
    return (p.cumsum(dim=0) < u[:, None]).sum(dim=1)


def percentile(x: torch.Tensor, q: float) -> float:
    rank = math.ceil(q * len(x) / 100 - 1e-9)
    return x.sort().values[max(rank, 1) - 1].item()


# %% wrong="quantiles: a step that ends exactly at the height counts as below; breaks: the smallest k whose P(X <= k) is at least u, seen with p of a half and a half and u = 0.5"
def inverse_cdf(p: torch.Tensor, u: torch.Tensor) -> torch.Tensor:
    below = (p.cumsum(dim=0) <= u[:, None]).sum(dim=1)
    return below.clamp(max=len(p) - 1)


def percentile(x: torch.Tensor, q: float) -> float:
    rank = math.ceil(q * len(x) / 100 - 1e-9)
    return x.sort().values[max(rank, 1) - 1].item()


# %% wrong="quantiles: sorts through numpy in place; breaks: leaves its inputs unchanged, seen with x in no particular order"
def inverse_cdf(p: torch.Tensor, u: torch.Tensor) -> torch.Tensor:
    below = (p.cumsum(dim=0) < u[:, None]).sum(dim=1)
    return below.clamp(max=len(p) - 1)


def percentile(x: torch.Tensor, q: float) -> float:
    numbers = x.numpy()
    numbers.sort()
    rank = max(1, math.ceil(q * len(numbers) / 100 - 1e-9))
    return float(numbers[rank - 1])


# %% wrong="quantiles: ceiling of q / 100 * n without care; breaks: mind the rounding, the smallest number for which at least q percent are no larger, seen with q = 55 and 100 numbers"
def inverse_cdf(p: torch.Tensor, u: torch.Tensor) -> torch.Tensor:
    below = (p.cumsum(dim=0) < u[:, None]).sum(dim=1)
    return below.clamp(max=len(p) - 1)


def percentile(x: torch.Tensor, q: float) -> float:
    rank = math.ceil(q / 100 * len(x))
    return x.sort().values[rank - 1].item()


# %% wrong="quantiles: cuts q to a whole number; breaks: q is whole or not, seen with q = 99.9 and 1000 numbers"
def inverse_cdf(p: torch.Tensor, u: torch.Tensor) -> torch.Tensor:
    below = (p.cumsum(dim=0) < u[:, None]).sum(dim=1)
    return below.clamp(max=len(p) - 1)


def percentile(x: torch.Tensor, q: float) -> float:
    n = len(x)
    rank = max(1, (int(q) * n + 99) // 100)
    return x.sort().values[rank - 1].item()


# %% right="categorical: the template with logits"
from torch.distributions import Categorical


def draw_classes(scores: torch.Tensor, n: int) -> torch.Tensor:
    """n independent classes for each row, drawn by the softmax of its scores: (n, rows)."""
    law = Categorical(logits=scores)
    return law.sample((n,))


def surprise_at(scores: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
    """The negative log-probability of one class (rows,) in each row: (rows,)."""
    law = Categorical(logits=scores)
    return -law.log_prob(classes)


# %% right="categorical: softmax probabilities for the draw, a log-softmax for the surprise"
from torch.distributions import Categorical


def draw_classes(scores: torch.Tensor, n: int) -> torch.Tensor:
    law = Categorical(probs=scores.softmax(dim=-1))
    return torch.stack([law.sample() for _ in range(n)])


def surprise_at(scores: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
    law = Categorical(logits=scores.log_softmax(dim=1))
    return law.log_prob(classes).neg()


# %% right="categorical: a law for each row, stacked"
from torch.distributions import Categorical


def draw_classes(scores: torch.Tensor, n: int) -> torch.Tensor:
    columns = [Categorical(logits=row).sample(torch.Size([n])) for row in scores]
    return torch.stack(columns, dim=1)


def surprise_at(scores: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
    return torch.stack([-Categorical(logits=row).log_prob(one) for row, one in zip(scores, classes, strict=True)])


# %% wrong="categorical: returns the draws as (rows, n); breaks: the shape (n, rows), seen with n unlike rows"
from torch.distributions import Categorical


def draw_classes(scores: torch.Tensor, n: int) -> torch.Tensor:
    law = Categorical(logits=scores)
    return law.sample((n,)).T


def surprise_at(scores: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
    law = Categorical(logits=scores)
    return -law.log_prob(classes)


# %% wrong="categorical: seeds the generator so that results can be repeated; breaks: every call draws afresh and seeds no random generator"
from torch.distributions import Categorical


def draw_classes(scores: torch.Tensor, n: int) -> torch.Tensor:
    torch.manual_seed(0)
    law = Categorical(logits=scores)
    return law.sample((n,))


def surprise_at(scores: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
    law = Categorical(logits=scores)
    return -law.log_prob(classes)


# %% wrong="categorical: softmax along the rows axis; breaks: each row is a law of its own, drawn by the softmax of its scores, seen with rows of unlike height"
from torch.distributions import Categorical


def draw_classes(scores: torch.Tensor, n: int) -> torch.Tensor:
    law = Categorical(probs=scores.softmax(dim=0))
    return law.sample((n,))


def surprise_at(scores: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
    law = Categorical(probs=scores.softmax(dim=0))
    return -law.log_prob(classes)


# %% wrong="categorical: takes the sigmoid where the softmax belongs; breaks: drawn by the softmax of its scores, seen with scores of 0 and 3"
from torch.distributions import Categorical


def draw_classes(scores: torch.Tensor, n: int) -> torch.Tensor:
    law = Categorical(probs=torch.sigmoid(scores))
    return law.sample((n,))


def surprise_at(scores: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
    law = Categorical(probs=torch.sigmoid(scores))
    return -law.log_prob(classes)


# %% wrong="categorical: one draw repeated n times; breaks: n independent classes for each row, seen with any law that is not certain"
from torch.distributions import Categorical


def draw_classes(scores: torch.Tensor, n: int) -> torch.Tensor:
    law = Categorical(logits=scores)
    return law.sample().expand(n, -1)


def surprise_at(scores: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
    law = Categorical(logits=scores)
    return -law.log_prob(classes)


# %% right="moments: plain lists and fsum, the moments by expectation"
def expectation(g, values: torch.Tensor, p: torch.Tensor) -> float:
    return math.fsum(float(g(x)) * chance for x, chance in zip(values.tolist(), p.tolist(), strict=True))


def moments(values: torch.Tensor, p: torch.Tensor) -> tuple[float, float, float, float]:
    mean = expectation(lambda x: x, values, p)
    variance = expectation(lambda x: (x - mean) ** 2, values, p)
    std = math.sqrt(variance)
    skewness = expectation(lambda x: ((x - mean) / std) ** 3, values, p)
    return mean, variance, skewness, expectation(lambda x: ((x - mean) / std) ** 4, values, p)


# %% right="moments: numpy in double precision for the moments, a running total for the expectation"
def expectation(g, values: torch.Tensor, p: torch.Tensor) -> float:
    total = 0.0
    for place in range(len(values)):
        total += p[place].item() * g(values[place].item())
    return float(total)


def moments(values: torch.Tensor, p: torch.Tensor) -> tuple[float, float, float, float]:
    numbers = values.detach().numpy().astype(np.float64)
    weights = p.detach().numpy().astype(np.float64)
    mean = np.dot(weights, numbers)
    away = numbers - mean
    second, third, fourth = (float(np.dot(weights, away**power)) for power in (2, 3, 4))
    return float(mean), second, third / second**1.5, fourth / second**2


# %% right="moments: a tensor of the function's values, central moments in double"
def expectation(g, values: torch.Tensor, p: torch.Tensor) -> float:
    won = torch.tensor([float(g(x)) for x in values.tolist()], dtype=torch.float64)
    return torch.dot(won, p.double()).item()


def moments(values: torch.Tensor, p: torch.Tensor) -> tuple[float, float, float, float]:
    weights, x = p.double(), values.double()
    mean = (weights * x).sum()
    variance = (weights * (x - mean).square()).sum()
    z = (x - mean) / variance.sqrt()
    return tuple(one.item() for one in (mean, variance, (weights * z.pow(3)).sum(), (weights * z.pow(4)).sum()))


# %% wrong="moments: hands g entries of the tensor; breaks: g takes one Python number, seen with a g that looks the value up in a table"
def expectation(g, values: torch.Tensor, p: torch.Tensor) -> float:
    return float(sum(chance * g(x) for x, chance in zip(values, p)))


def moments(values: torch.Tensor, p: torch.Tensor) -> tuple[float, float, float, float]:
    mean = expectation(lambda x: x, values, p)
    variance = expectation(lambda x: (x - mean) ** 2, values, p)
    skewness = expectation(lambda x: ((x - mean) / variance**0.5) ** 3, values, p)
    kurtosis = expectation(lambda x: ((x - mean) / variance**0.5) ** 4, values, p)
    return mean, variance, skewness, kurtosis


# %% wrong="moments: collects the law in a dictionary; breaks: some values are perhaps listed twice, seen with values 1, 1, 3"
def expectation(g, values: torch.Tensor, p: torch.Tensor) -> float:
    law = dict(zip(values.tolist(), p.tolist()))
    return float(sum(g(x) * chance for x, chance in law.items()))


def moments(values: torch.Tensor, p: torch.Tensor) -> tuple[float, float, float, float]:
    mean = expectation(lambda x: x, values, p)
    variance = expectation(lambda x: (x - mean) ** 2, values, p)
    std = variance**0.5
    skewness = expectation(lambda x: ((x - mean) / std) ** 3, values, p)
    kurtosis = expectation(lambda x: ((x - mean) / std) ** 4, values, p)
    return mean, variance, skewness, kurtosis


# %% wrong="moments: the mean of the moments ignores p; breaks: the mean is weighted with the probabilities, seen with a loaded coin"
def expectation(g, values: torch.Tensor, p: torch.Tensor) -> float:
    return float(sum(g(x) * chance for x, chance in zip(values.tolist(), p.tolist())))


def moments(values: torch.Tensor, p: torch.Tensor) -> tuple[float, float, float, float]:
    mean = values.mean().item()
    variance = expectation(lambda x: (x - mean) ** 2, values, p)
    std = variance**0.5
    skewness = expectation(lambda x: ((x - mean) / std) ** 3, values, p)
    kurtosis = expectation(lambda x: ((x - mean) / std) ** 4, values, p)
    return mean, variance, skewness, kurtosis


# %% wrong="moments: divides by the variance in place of the deviation; breaks: skewness and kurtosis use (X - mu) / sigma, seen with a variance other than 1"
def expectation(g, values: torch.Tensor, p: torch.Tensor) -> float:
    return float(sum(g(x) * chance for x, chance in zip(values.tolist(), p.tolist())))


def moments(values: torch.Tensor, p: torch.Tensor) -> tuple[float, float, float, float]:
    mean = expectation(lambda x: x, values, p)
    variance = expectation(lambda x: (x - mean) ** 2, values, p)
    skewness = expectation(lambda x: ((x - mean) / variance) ** 3, values, p)
    kurtosis = expectation(lambda x: ((x - mean) / variance) ** 4, values, p)
    return mean, variance, skewness, kurtosis


# %% wrong="moments: switches the default dtype to double and leaves it; breaks: leaves no trace"
def expectation(g, values: torch.Tensor, p: torch.Tensor) -> float:
    torch.set_default_dtype(torch.float64)
    won = torch.tensor([float(g(x)) for x in values.tolist()])
    return (won * p.double()).sum().item()


def moments(values: torch.Tensor, p: torch.Tensor) -> tuple[float, float, float, float]:
    mean = expectation(lambda x: x, values, p)
    variance = expectation(lambda x: (x - mean) ** 2, values, p)
    std = variance**0.5
    skewness = expectation(lambda x: ((x - mean) / std) ** 3, values, p)
    kurtosis = expectation(lambda x: ((x - mean) / std) ** 4, values, p)
    return mean, variance, skewness, kurtosis


# %% right="gaussian: the template with the inverse covariance"
def log_normal(x: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> torch.Tensor:
    """The log density (n,) of the Gaussian with this mean and covariance at each row of x."""
    away = x - mean
    distance = (away @ torch.linalg.inv(cov) * away).sum(dim=1)
    return -0.5 * (distance + torch.logdet(cov) + x.shape[1] * math.log(2 * math.pi))


def share_between(low: float, high: float, mean: float, std: float) -> float:
    """The probability that a normal variable lies between low and high."""
    below = lambda x: 0.5 * (1 + math.erf((x - mean) / (std * math.sqrt(2))))
    return below(high) - below(low)


def combined(w: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and standard deviation of w · X, for a Gaussian X with this mean and covariance."""
    return w @ mean, (w @ cov @ w).sqrt()


# %% right="gaussian: a Cholesky factor, double precision inside, cast back"
def log_normal(x: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> torch.Tensor:
    factor = torch.linalg.cholesky(cov.double())
    away = torch.linalg.solve_triangular(factor, (x - mean).double().T, upper=False)
    d = mean.shape[0]
    log_det = 2 * factor.diagonal().log().sum()
    result = -(away.square().sum(dim=0) + log_det + d * math.log(2 * math.pi)) / 2
    return result.to(x.dtype)


def share_between(low: float, high: float, mean: float, std: float) -> float:
    scale = std * 2**0.5
    return (math.erf((high - mean) / scale) - math.erf((low - mean) / scale)) / 2


def combined(w: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    variance = (w[:, None] * w[None, :] * cov).sum()
    return (w * mean).sum(), torch.sqrt(variance)


# %% right="gaussian: solves a system for all rows, einsum for the variance"
def log_normal(x: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> torch.Tensor:
    away = x - mean
    solved = torch.linalg.solve(cov, away.mT).mT
    distance = torch.einsum("nd,nd->n", away, solved)
    constant = torch.linalg.slogdet(cov).logabsdet + len(mean) * math.log(2 * math.pi)
    return -0.5 * distance - 0.5 * constant


def share_between(low: float, high: float, mean: float, std: float) -> float:
    def below(x):
        return 0.5 * math.erfc(-(x - mean) / (std * math.sqrt(2)))

    return below(high) - below(low)


def combined(w: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.dot(w, mean), torch.einsum("i,ij,j->", w, cov, w) ** 0.5


# %% wrong="gaussian: one log 2 pi whatever the dimension; breaks: d log 2 pi in the formula, seen with two columns"
def log_normal(x: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> torch.Tensor:
    away = x - mean
    distance = (away @ torch.linalg.inv(cov) * away).sum(dim=1)
    return -0.5 * (distance + torch.logdet(cov) + 1 * math.log(2 * math.pi))


def share_between(low: float, high: float, mean: float, std: float) -> float:
    below = lambda x: 0.5 * (1 + math.erf((x - mean) / (std * math.sqrt(2))))
    return below(high) - below(low)


def combined(w: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    return w @ mean, (w @ cov @ w).sqrt()


# %% wrong="gaussian: the number of rows in place of the dimension; breaks: d log 2 pi in the formula, seen with n unlike d"
def log_normal(x: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> torch.Tensor:
    away = x - mean
    distance = (away @ cov.inverse() * away).sum(dim=1)
    return -0.5 * (distance + torch.logdet(cov) + len(x) * math.log(2 * math.pi))


def share_between(low: float, high: float, mean: float, std: float) -> float:
    below = lambda x: 0.5 * (1 + math.erf((x - mean) / (std * math.sqrt(2))))
    return below(high) - below(low)


def combined(w: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    return w @ mean, (w @ cov @ w).sqrt()


# %% wrong="gaussian: combined returns the variance; breaks: mean and standard deviation of w · X, seen with a variance other than 1"
def log_normal(x: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> torch.Tensor:
    away = x - mean
    distance = (away @ torch.linalg.inv(cov) * away).sum(dim=1)
    return -0.5 * (distance + torch.logdet(cov) + x.shape[1] * math.log(2 * math.pi))


def share_between(low: float, high: float, mean: float, std: float) -> float:
    below = lambda x: 0.5 * (1 + math.erf((x - mean) / (std * math.sqrt(2))))
    return below(high) - below(low)


def combined(w: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    return w @ mean, w @ cov @ w


# %% wrong="gaussian: combined adds up the variances only; breaks: the variance adds up all pairs, seen with correlated variables"
def log_normal(x: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> torch.Tensor:
    away = x - mean
    distance = (away @ torch.linalg.inv(cov) * away).sum(dim=1)
    return -0.5 * (distance + torch.logdet(cov) + x.shape[1] * math.log(2 * math.pi))


def share_between(low: float, high: float, mean: float, std: float) -> float:
    below = lambda x: 0.5 * (1 + math.erf((x - mean) / (std * math.sqrt(2))))
    return below(high) - below(low)


def combined(w: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    return w @ mean, (w.square() * cov.diagonal()).sum().sqrt()


# %% wrong="gaussian: share_between takes the interval as symmetric around the mean; breaks: the probability between low and high, seen with low = 0, high = 3, mean 0"
def log_normal(x: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> torch.Tensor:
    away = x - mean
    distance = (away @ torch.linalg.inv(cov) * away).sum(dim=1)
    return -0.5 * (distance + torch.logdet(cov) + x.shape[1] * math.log(2 * math.pi))


def share_between(low: float, high: float, mean: float, std: float) -> float:
    below = lambda x: 0.5 * (1 + math.erf((x - mean) / (std * math.sqrt(2))))
    return 2 * below(high) - 1


def combined(w: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    return w @ mean, (w @ cov @ w).sqrt()


# %% right="fit: the formula with z scores, moments without correction"
def nll(x: torch.Tensor, mean: torch.Tensor, log_std: torch.Tensor) -> torch.Tensor:
    z = (x - mean) * torch.exp(-log_std)
    return log_std + 0.5 * math.log(2 * math.pi) + 0.5 * z.square().mean()


def fit_normal(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    mean = x.mean()
    return mean, (x - mean).square().mean().sqrt()


# %% right="fit: torch.distributions for the likelihood, std with correction 0"
def nll(x: torch.Tensor, mean: torch.Tensor, log_std: torch.Tensor) -> torch.Tensor:
    law = torch.distributions.Normal(mean, log_std.exp())
    return -law.log_prob(x).mean()


def fit_normal(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    return x.mean(), x.std(correction=0)


# %% right="fit: loops over the observations, the fit in double and cast back"
def nll(x: torch.Tensor, mean: torch.Tensor, log_std: torch.Tensor) -> torch.Tensor:
    variance = (2 * log_std).exp()
    total = 0.0
    for one in x:
        total = total + (one - mean) ** 2 / (2 * variance)
    return total / len(x) + log_std + 0.5 * math.log(2 * math.pi)


def fit_normal(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    wide = x.double()
    middle = wide.sum() / x.numel()
    spread = torch.linalg.vector_norm(wide - middle) / x.numel() ** 0.5
    return middle.to(x.dtype), spread.to(x.dtype)


# %% wrong="fit: forgets the log sigma term; breaks: the mean negative log-likelihood with standard deviation exp(log_std), seen with log_std other than 0"
def nll(x: torch.Tensor, mean: torch.Tensor, log_std: torch.Tensor) -> torch.Tensor:
    variance = torch.exp(2 * log_std)
    return 0.5 * math.log(2 * math.pi) + ((x - mean) ** 2 / (2 * variance)).mean()


def fit_normal(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    return x.mean(), x.std(correction=0)


# %% wrong="fit: divides by sigma and not by its square; breaks: the NLL formula, seen with log_std other than 0"
def nll(x: torch.Tensor, mean: torch.Tensor, log_std: torch.Tensor) -> torch.Tensor:
    std = torch.exp(log_std)
    return log_std + 0.5 * math.log(2 * math.pi) + ((x - mean) ** 2 / (2 * std)).mean()


def fit_normal(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    return x.mean(), x.std(correction=0)


# %% wrong="fit: takes sigma by item; breaks: gradients flow back to mean and log_std"
def nll(x: torch.Tensor, mean: torch.Tensor, log_std: torch.Tensor) -> torch.Tensor:
    std = math.exp(log_std.item())
    return math.log(std) + 0.5 * math.log(2 * math.pi) + ((x - mean) ** 2).mean() / (2 * std**2)


def fit_normal(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    return x.mean(), x.std(correction=0)


# %% wrong="fit: goes to double and stays there; breaks: accepts float32 and float64 and returns tensors of the same type"
def nll(x: torch.Tensor, mean: torch.Tensor, log_std: torch.Tensor) -> torch.Tensor:
    x, mean, log_std = x.double(), mean.double(), log_std.double()
    return log_std + 0.5 * math.log(2 * math.pi) + ((x - mean) ** 2).mean() / (2 * torch.exp(2 * log_std))


def fit_normal(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    x = x.double()
    return x.mean(), x.std(correction=0)


# %% wrong="fit: the deviation with n - 1; breaks: the normal law with the highest likelihood, and with one observation the best sigma is 0"
def nll(x: torch.Tensor, mean: torch.Tensor, log_std: torch.Tensor) -> torch.Tensor:
    return log_std + 0.5 * math.log(2 * math.pi) + ((x - mean) ** 2).mean() / (2 * torch.exp(2 * log_std))


def fit_normal(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    return x.mean(), x.std()


# %% right="beta: the template filled"
def posterior(a, b, heads, tails):
    """The parameters of the Beta law after these tosses, from the prior Beta(a, b)."""
    return a + heads, b + tails


def beta_moments(a, b):
    """Mean and variance of Beta(a, b)."""
    mean = a / (a + b)
    return mean, mean * (1 - mean) / (a + b + 1)


def beta_log_density(p: float, a: float, b: float) -> float:
    """The logarithm of the density of Beta(a, b) at p."""
    constant = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return constant + (a - 1) * math.log(p) + (b - 1) * math.log(1 - p)


# %% right="beta: the variance by the formula of the text, log1p for the tails"
def posterior(a, b, heads, tails):
    return heads + a, tails + b


def beta_moments(a, b):
    seen = a + b
    return a / seen, a * b / (seen**2 * (seen + 1))


def beta_log_density(p: float, a: float, b: float) -> float:
    log_beta = math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
    return (a - 1) * math.log(p) + (b - 1) * math.log1p(-p) - log_beta


# %% right="beta: torch's own Beta law in double precision for the density"
def posterior(a, b, heads, tails):
    after_heads = a + heads
    after_tails = b + tails
    return after_heads, after_tails


def beta_moments(a, b):
    mean = a * (1 / (a + b))
    return mean, mean * (b / (a + b)) / (1 + a + b)


def beta_log_density(p: float, a: float, b: float) -> float:
    first, second, at = (torch.tensor(float(one), dtype=torch.float64) for one in (a, b, p))
    return torch.distributions.Beta(first, second).log_prob(at).item()


# %% wrong="beta: adds to the prior in place; breaks: leaves its inputs unchanged, seen with a and b as tensors"
def posterior(a, b, heads, tails):
    a += heads
    b += tails
    return a, b


def beta_moments(a, b):
    mean = a / (a + b)
    return mean, mean * (1 - mean) / (a + b + 1)


def beta_log_density(p: float, a: float, b: float) -> float:
    constant = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return constant + (a - 1) * math.log(p) + (b - 1) * math.log(1 - p)


# %% wrong="beta: always starts from the uniform prior; breaks: from the prior Beta(a, b), seen with a = 2"
def posterior(a, b, heads, tails):
    return heads + 1, tails + 1


def beta_moments(a, b):
    mean = a / (a + b)
    return mean, mean * (1 - mean) / (a + b + 1)


def beta_log_density(p: float, a: float, b: float) -> float:
    constant = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return constant + (a - 1) * math.log(p) + (b - 1) * math.log(1 - p)


# %% wrong="beta: log p in both terms; breaks: the density has (1 - p) to the power b - 1, seen with b = 3"
def posterior(a, b, heads, tails):
    return a + heads, b + tails


def beta_moments(a, b):
    mean = a / (a + b)
    return mean, mean * (1 - mean) / (a + b + 1)


def beta_log_density(p: float, a: float, b: float) -> float:
    constant = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return constant + (a - 1) * math.log(p) + (b - 1) * math.log(p)


# %% wrong="beta: computes the density and takes its logarithm at the end; breaks: sums of logarithms hold where products overflow, seen with 200 tosses from Beta(2, 2)"
def posterior(a, b, heads, tails):
    return a + heads, b + tails


def beta_moments(a, b):
    mean = a / (a + b)
    return mean, mean * (1 - mean) / (a + b + 1)


def beta_log_density(p: float, a: float, b: float) -> float:
    constant = math.gamma(a + b) / (math.gamma(a) * math.gamma(b))
    return math.log(constant * p ** (a - 1) * (1 - p) ** (b - 1))


# %% wrong="beta: turns the parameters into floats first; breaks: the first two functions should also work entry by entry on tensors, seen with tensors of several entries"
def posterior(a, b, heads, tails):
    return a + heads, b + tails


def beta_moments(a, b):
    a, b = float(a), float(b)
    mean = a / (a + b)
    return mean, mean * (1 - mean) / (a + b + 1)


def beta_log_density(p: float, a: float, b: float) -> float:
    constant = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return constant + (a - 1) * math.log(p) + (b - 1) * math.log(1 - p)


# %% right="shrink: normal equations, coordinate descent with a running residual"
def ridge(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    d = x.shape[1]
    return torch.linalg.solve(x.T @ x + penalty * torch.eye(d, dtype=x.dtype), x.T @ y)


def lasso(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    w = torch.zeros(x.shape[1], dtype=x.dtype)
    rest = y.clone()
    sizes = x.square().sum(dim=0)
    for _ in range(600):
        for j in range(len(w)):
            rest += x[:, j] * w[j]
            rho = x[:, j] @ rest
            w[j] = rho.sign() * (rho.abs() - penalty).clamp(min=0) / sizes[j]
            rest -= x[:, j] * w[j]
    return w


# %% right="shrink: ridge as least squares with extra rows, lasso on the Gram matrix in plain numbers"
def ridge(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    n, d = x.shape
    tall = torch.cat([x, math.sqrt(penalty) * torch.eye(d, dtype=x.dtype)])
    aim = torch.cat([y, torch.zeros(d, dtype=y.dtype)])
    return torch.linalg.lstsq(tall, aim[:, None]).solution[:, 0]


def lasso(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    gram, target = (x.T @ x).tolist(), (x.T @ y).tolist()
    d = len(target)
    w = [0.0] * d
    for _ in range(1000):
        for j in range(d):
            rho = target[j] - sum(gram[j][i] * w[i] for i in range(d) if i != j)
            if rho > penalty:
                w[j] = (rho - penalty) / gram[j][j]
            elif rho < -penalty:
                w[j] = (rho + penalty) / gram[j][j]
            else:
                w[j] = 0.0
    return torch.tensor(w, dtype=torch.float64)


# %% right="shrink: numpy inside, ridge by the singular values, lasso stops when nothing moves"
def ridge(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    u, s, vt = np.linalg.svd(x.numpy(), full_matrices=False)
    return torch.from_numpy(vt.T @ (s / (s**2 + penalty) * (u.T @ y.numpy())))


def lasso(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    features, aim = x.numpy(), y.numpy()
    w = np.zeros(features.shape[1])
    for _ in range(5000):
        before = w.copy()
        for j, column in enumerate(features.T):
            others = w.copy()
            others[j] = 0.0
            rho = column @ (aim - features @ others)
            w[j] = (max(rho - penalty, 0.0) + min(rho + penalty, 0.0)) / (column @ column)
        if np.abs(w - before).max() < 1e-13:
            break
    return torch.from_numpy(w)


# %% wrong="shrink: goes round five times only; breaks: the others need four correct digits so go round a few hundred times, seen with two columns of correlation 0.95"
def ridge(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    return torch.linalg.solve(x.T @ x + penalty * torch.eye(x.shape[1], dtype=x.dtype), x.T @ y)


def lasso(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    w = torch.zeros(x.shape[1], dtype=x.dtype)
    for _ in range(5):
        for j in range(len(w)):
            rest = y - x @ w + x[:, j] * w[j]
            rho = x[:, j] @ rest
            w[j] = rho.sign() * (rho.abs() - penalty).clamp(min=0) / (x[:, j] @ x[:, j])
    return w


# %% wrong="shrink: pulls after the division; breaks: rho is pulled towards 0 by lambda and then divided by x_j · x_j, seen with columns whose length is not 1"
def ridge(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    return torch.linalg.solve(x.T @ x + penalty * torch.eye(x.shape[1], dtype=x.dtype), x.T @ y)


def lasso(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    w = torch.zeros(x.shape[1], dtype=x.dtype)
    for _ in range(500):
        for j in range(len(w)):
            rest = y - x @ w + x[:, j] * w[j]
            best = x[:, j] @ rest / (x[:, j] @ x[:, j])
            w[j] = best.sign() * (best.abs() - penalty).clamp(min=0)
    return w


# %% wrong="shrink: ridge divides the least squares weights by 1 + penalty; breaks: minimises the squared error plus penalty times the squared norm, seen with columns that are not orthonormal"
def ridge(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    return torch.linalg.pinv(x) @ y / (1 + penalty)


def lasso(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    w = torch.zeros(x.shape[1], dtype=x.dtype)
    for _ in range(500):
        for j in range(len(w)):
            rest = y - x @ w + x[:, j] * w[j]
            rho = x[:, j] @ rest
            w[j] = rho.sign() * (rho.abs() - penalty).clamp(min=0) / (x[:, j] @ x[:, j])
    return w


# %% wrong="shrink: the running residual is y itself; breaks: leaves its inputs unchanged, y is overwritten"
def ridge(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    return torch.linalg.solve(x.T @ x + penalty * torch.eye(x.shape[1], dtype=x.dtype), x.T @ y)


def lasso(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    w = torch.zeros(x.shape[1], dtype=x.dtype)
    rest = y
    for _ in range(500):
        for j in range(len(w)):
            rest += x[:, j] * w[j]
            rho = x[:, j] @ rest
            w[j] = rho.sign() * (rho.abs() - penalty).clamp(min=0) / (x[:, j] @ x[:, j])
            rest -= x[:, j] * w[j]
    return w


# %% wrong="shrink: the lasso by gradient descent with the sign of the weights; breaks: a weight that should be zero must be exactly 0"
def ridge(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    return torch.linalg.solve(x.T @ x + penalty * torch.eye(x.shape[1], dtype=x.dtype), x.T @ y)


def lasso(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    w = torch.linalg.pinv(x) @ y
    rate = 1 / torch.linalg.matrix_norm(x, 2) ** 2
    for step in range(3000):
        slope = x.T @ (x @ w - y) + penalty * w.sign()
        w = w - rate / (1 + step / 10) * slope
    return w


# %% right="information: leaves out what never comes"
def entropy(p: torch.Tensor) -> torch.Tensor:
    some = p[p > 0]
    return -(some * some.log()).sum()


def cross_entropy(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    comes = p > 0
    return -(p[comes] * q[comes].log()).sum()


def kl(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    comes = p > 0
    return (p[comes] * (p[comes].log() - q[comes].log())).sum()


# %% right="information: xlogy in double precision, cast back"
def entropy(p: torch.Tensor) -> torch.Tensor:
    wide = p.double()
    return -torch.xlogy(wide, wide).sum().to(p.dtype)


def cross_entropy(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    return -torch.xlogy(p.double(), q.double()).sum().to(p.dtype)


def kl(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    truth, belief = p.double(), q.double()
    return (torch.xlogy(truth, truth).sum() - torch.xlogy(truth, belief).sum()).to(p.dtype)


# %% right="information: plain Python numbers in a loop, an impossible outcome returns infinity early"
def cross_entropy(p: torch.Tensor, q: torch.Tensor) -> float:
    total = 0.0
    for chance, belief in zip(p.tolist(), q.tolist(), strict=True):
        if chance == 0:
            continue
        if belief == 0:
            return math.inf
        total -= chance * math.log(belief)
    return total


def entropy(p: torch.Tensor) -> float:
    return cross_entropy(p, p)


def kl(p: torch.Tensor, q: torch.Tensor) -> float:
    total = 0.0
    for chance, belief in zip(p.tolist(), q.tolist(), strict=True):
        if chance > 0 and belief == 0:
            return math.inf
        if chance > 0:
            total += chance * (math.log(chance) - math.log(belief))
    return total


# %% wrong="information: clamps before every logarithm; breaks: if q is 0 while p is not, the surprise is infinite, seen with p = (0.5, 0.5) and q = (1, 0)"
def entropy(p: torch.Tensor) -> torch.Tensor:
    return -(p * p.clamp(min=1e-12).log()).sum()


def cross_entropy(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    return -(p * q.clamp(min=1e-12).log()).sum()


def kl(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    return cross_entropy(p, q) - entropy(p)


# %% wrong="information: leaves out every outcome with a zero in p or in q; breaks: cross-entropy and divergence are infinite if q is 0 while p is not"
def entropy(p: torch.Tensor) -> torch.Tensor:
    p = p[p > 0]
    return -(p * p.log()).sum()


def cross_entropy(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    both = (p > 0) & (q > 0)
    return -(p[both] * q[both].log()).sum()


def kl(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    both = (p > 0) & (q > 0)
    return (p[both] * (p[both] / q[both]).log()).sum()


# %% wrong="information: swaps truth and belief in the cross-entropy; breaks: somebody who believes q while p is true, seen with p = (0.9, 0.1) and q = (0.5, 0.5)"
def entropy(p: torch.Tensor) -> torch.Tensor:
    return -torch.xlogy(p, p).sum()


def cross_entropy(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    return -torch.xlogy(q, p).sum()


def kl(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    comes = p > 0
    return (p[comes] * (p[comes] / q[comes]).log()).sum()


# %% wrong="information: writes ones over the zeros of p; breaks: leaves its inputs unchanged, seen with a p that has a 0"
def entropy(p: torch.Tensor) -> torch.Tensor:
    p[p == 0] = 1.0
    return -(p * p.log()).sum()


def cross_entropy(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    return -torch.xlogy(p, q).sum()


def kl(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    comes = p > 0
    return (p[comes] * (p[comes] / q[comes]).log()).sum()


# %% wrong="information: does not care for zeros in the cross-entropy; breaks: if p is 0 its term is 0 whatever the logarithm says, seen with p = q = (1, 0)"
def entropy(p: torch.Tensor) -> torch.Tensor:
    return -torch.xlogy(p, p).sum()


def cross_entropy(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    return -(p * q.log()).sum()


def kl(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    comes = p > 0
    return (p[comes] * (p[comes] / q[comes]).log()).sum()


# %% right="perplexities: the template, flattened"
def token_loss(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood per token, in nats."""
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


def perplexity(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """How many equally likely tokens would leave one as unsure."""
    return token_loss(logits, targets).exp()


def bits_per_token(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The same surprise in bits."""
    return token_loss(logits, targets) / math.log(2)


def first_loss(vocabulary: int) -> float:
    """About what an untrained model's loss should be, in nats."""
    return math.log(vocabulary)


# %% right="perplexities: the classes moved to the second axis, a power of two"
def token_loss(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    return F.cross_entropy(logits.permute(0, 2, 1), targets)


def bits_per_token(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    return token_loss(logits, targets) * math.log2(math.e)


def perplexity(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    return 2 ** bits_per_token(logits, targets)


def first_loss(vocabulary: int) -> float:
    return -math.log(1 / vocabulary)


# %% right="perplexities: log-softmax and gather by hand"
def token_loss(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    log_chances = logits - logits.logsumexp(dim=-1, keepdim=True)
    return -log_chances.gather(2, targets.unsqueeze(-1)).mean()


def perplexity(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    return torch.exp(token_loss(logits, targets))


def bits_per_token(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    return token_loss(logits, targets) / np.log(2).item()


def first_loss(vocabulary: int) -> float:
    return float(np.log(vocabulary))


# %% wrong="perplexities: reshapes where it should move an axis; breaks: the mean NLL of the tokens that come, classes and places are mixed, seen with logits that are not all alike"
def token_loss(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    batch, sequence, vocabulary = logits.shape
    return F.cross_entropy(logits.reshape(batch, vocabulary, sequence), targets)


def perplexity(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    return token_loss(logits, targets).exp()


def bits_per_token(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    return token_loss(logits, targets) / math.log(2)


def first_loss(vocabulary: int) -> float:
    return math.log(vocabulary)


# %% wrong="perplexities: gives probabilities to F.cross_entropy; breaks: the raw scores, logits and not probabilities, seen with logits that are not all alike"
def token_loss(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    return F.cross_entropy(logits.softmax(dim=-1).flatten(0, 1), targets.flatten())


def perplexity(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    return token_loss(logits, targets).exp()


def bits_per_token(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    return token_loss(logits, targets) / math.log(2)


def first_loss(vocabulary: int) -> float:
    return math.log(vocabulary)


# %% wrong="perplexities: the mean of the sequences' perplexities; breaks: e to the mean NLL over all places of all sequences, seen with one easy and one hard sequence"
def token_loss(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


def perplexity(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    each = F.cross_entropy(logits.transpose(1, 2), targets, reduction="none").mean(dim=1)
    return each.exp().mean()


def bits_per_token(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    return token_loss(logits, targets) / math.log(2)


def first_loss(vocabulary: int) -> float:
    return math.log(vocabulary)


# %% wrong="perplexities: math.exp of the loss in a new tensor; breaks: gradients flow back to logits"
def token_loss(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


def perplexity(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    return torch.tensor(math.exp(token_loss(logits, targets).item()), dtype=logits.dtype)


def bits_per_token(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    return token_loss(logits, targets) / math.log(2)


def first_loss(vocabulary: int) -> float:
    return math.log(vocabulary)


# %% wrong="perplexities: takes token 0 for padding; breaks: all places of all sequences count alike, seen with targets that hold 0"
def token_loss(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=0)


def perplexity(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    return token_loss(logits, targets).exp()


def bits_per_token(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    return token_loss(logits, targets) / math.log(2)


def first_loss(vocabulary: int) -> float:
    return math.log(vocabulary)


# %% right="mutual: only the entries above 0 count"
def mutual_information(joint: torch.Tensor) -> torch.Tensor:
    product = joint.sum(dim=1, keepdim=True) * joint.sum(dim=0, keepdim=True)
    comes = joint > 0
    return (joint[comes] * (joint[comes] / product[comes]).log()).sum()


def conditional_entropy(joint: torch.Tensor) -> torch.Tensor:
    rows = joint.sum(dim=1, keepdim=True).expand_as(joint)
    comes = joint > 0
    return -(joint[comes] * (joint[comes] / rows[comes]).log()).sum()


# %% right="mutual: by differences of entropies in double, cast back"
def mutual_information(joint: torch.Tensor) -> torch.Tensor:
    wide = joint.double()
    doubt = lambda law: -torch.xlogy(law, law).sum()
    return (doubt(wide.sum(dim=0)) + doubt(wide.sum(dim=1)) - doubt(wide)).to(joint.dtype)


def conditional_entropy(joint: torch.Tensor) -> torch.Tensor:
    wide = joint.double()
    rows = wide.sum(dim=1)
    return (torch.xlogy(rows, rows).sum() - torch.xlogy(wide, wide).sum()).to(joint.dtype)


# %% right="mutual: a loop over rows and columns in plain numbers"
def mutual_information(joint: torch.Tensor) -> torch.Tensor:
    table = joint.tolist()
    of_x, of_y = [sum(row) for row in table], [sum(column) for column in zip(*table)]
    total = 0.0
    for x, row in enumerate(table):
        for y, chance in enumerate(row):
            if chance > 0:
                total += chance * (math.log(chance) - math.log(of_x[x]) - math.log(of_y[y]))
    return torch.tensor(total, dtype=joint.dtype)


def conditional_entropy(joint: torch.Tensor) -> torch.Tensor:
    total = 0.0
    for row in joint.tolist():
        weight = sum(row)
        if weight == 0:
            continue
        shares = [chance / weight for chance in row]
        total += weight * -sum(share * math.log(share) for share in shares if share > 0)
    return torch.tensor(total, dtype=joint.dtype)


# %% wrong="mutual: the uncertainty about X when Y is known; breaks: the uncertainty about Y (columns) when X (the row) is known, seen with a table that is not symmetric"
def mutual_information(joint: torch.Tensor) -> torch.Tensor:
    product = joint.sum(dim=1, keepdim=True) * joint.sum(dim=0, keepdim=True)
    comes = joint > 0
    return (joint[comes] * (joint[comes] / product[comes]).log()).sum()


def conditional_entropy(joint: torch.Tensor) -> torch.Tensor:
    columns = joint.sum(dim=0, keepdim=True).expand_as(joint)
    comes = joint > 0
    return -(joint[comes] * (joint[comes] / columns[comes]).log()).sum()


# %% wrong="mutual: the plain mean over the rows; breaks: averaged over the rows by how likely they are, seen with rows of unlike weight"
def mutual_information(joint: torch.Tensor) -> torch.Tensor:
    product = joint.sum(dim=1, keepdim=True) * joint.sum(dim=0, keepdim=True)
    comes = joint > 0
    return (joint[comes] * (joint[comes] / product[comes]).log()).sum()


def conditional_entropy(joint: torch.Tensor) -> torch.Tensor:
    rows = joint / joint.sum(dim=1, keepdim=True).clamp(min=1e-30)
    return -torch.xlogy(rows, rows).sum(dim=1).mean()


# %% wrong="mutual: a small number in the logarithm, but 0 / 0 before it; breaks: zeros are possible, whole rows and columns of them too, gives nan there"
def mutual_information(joint: torch.Tensor) -> torch.Tensor:
    product = joint.sum(dim=1, keepdim=True) * joint.sum(dim=0, keepdim=True)
    return (joint * (joint / product + 1e-12).log()).sum()


def conditional_entropy(joint: torch.Tensor) -> torch.Tensor:
    given = joint / joint.sum(dim=1, keepdim=True)
    return -(joint * (given + 1e-12).log()).sum()


# %% wrong="mutual: writes a tiny number over the zeros; breaks: leaves its inputs unchanged, seen with a table that has a 0"
def mutual_information(joint: torch.Tensor) -> torch.Tensor:
    joint[joint == 0] = 1e-12
    product = joint.sum(dim=1, keepdim=True) * joint.sum(dim=0, keepdim=True)
    return (joint * (joint / product).log()).sum()


def conditional_entropy(joint: torch.Tensor) -> torch.Tensor:
    joint[joint == 0] = 1e-12
    return -(joint * (joint / joint.sum(dim=1, keepdim=True)).log()).sum()


# %% wrong="mutual: computes in double and does not go back; breaks: accepts float32 and float64 and returns tensors of the same type"
def mutual_information(joint: torch.Tensor) -> torch.Tensor:
    joint = joint.double()
    product = joint.sum(dim=1, keepdim=True) * joint.sum(dim=0, keepdim=True)
    comes = joint > 0
    return (joint[comes] * (joint[comes] / product[comes]).log()).sum()


def conditional_entropy(joint: torch.Tensor) -> torch.Tensor:
    joint = joint.double()
    rows = joint.sum(dim=1)
    return torch.xlogy(rows, rows).sum() - torch.xlogy(joint, joint).sum()


# %% right="scores: the template"
def scores(truth: torch.Tensor, says: torch.Tensor, beta: float):
    """Precision, recall, false-positive rate and F-score of yes-or-no answers."""
    true_positives = (truth & says).sum()
    false_positives = (~truth & says).sum()
    false_negatives = (truth & ~says).sum()
    precision = true_positives / says.sum()
    recall = true_positives / (true_positives + false_negatives)
    false_positive_rate = false_positives / (~truth).sum()
    f_score = (1 + beta**2) * precision * recall / (beta**2 * precision + recall)
    return precision, recall, false_positive_rate, f_score


# %% right="scores: a confusion matrix counted in a loop, the F-score from the counts"
def scores(truth: torch.Tensor, says: torch.Tensor, beta: float):
    table = [[0, 0], [0, 0]]
    for is_it, said in zip(truth.tolist(), says.tolist(), strict=True):
        table[int(is_it)][int(said)] += 1
    (true_no, false_yes), (missed, found) = table
    weighted = (1 + beta**2) * found
    f_score = weighted / (weighted + beta**2 * missed + false_yes)
    return found / (found + false_yes), found / (found + missed), false_yes / (false_yes + true_no), f_score


# %% right="scores: means over chosen entries, the F-score as a weighted harmonic mean"
def scores(truth: torch.Tensor, says: torch.Tensor, beta: float):
    precision = truth[says].double().mean()
    recall = says[truth].double().mean()
    false_positive_rate = says[~truth].double().mean()
    f_score = (1 + beta**2) / (1 / precision + beta**2 / recall)
    return precision, recall, false_positive_rate, f_score


# %% wrong="scores: beta without its square in the denominator; breaks: the formula of F beta, seen with beta = 2"
def scores(truth: torch.Tensor, says: torch.Tensor, beta: float):
    true_positives = (truth & says).sum()
    false_positives = (~truth & says).sum()
    false_negatives = (truth & ~says).sum()
    precision = true_positives / says.sum()
    recall = true_positives / (true_positives + false_negatives)
    false_positive_rate = false_positives / (~truth).sum()
    f_score = (1 + beta**2) * precision * recall / (beta * precision + recall)
    return precision, recall, false_positive_rate, f_score


# %% wrong="scores: beta squared at the recall in the denominator; breaks: a beta above 1 makes recall count more, seen with beta = 2"
def scores(truth: torch.Tensor, says: torch.Tensor, beta: float):
    true_positives = (truth & says).sum()
    false_positives = (~truth & says).sum()
    false_negatives = (truth & ~says).sum()
    precision = true_positives / says.sum()
    recall = true_positives / (true_positives + false_negatives)
    false_positive_rate = false_positives / (~truth).sum()
    f_score = (1 + beta**2) * precision * recall / (precision + beta**2 * recall)
    return precision, recall, false_positive_rate, f_score


# %% wrong="scores: the false alarms as a share of the positives; breaks: of all the others, which share raises an alarm, seen with unlike numbers of yes and no"
def scores(truth: torch.Tensor, says: torch.Tensor, beta: float):
    true_positives = (truth & says).sum()
    false_positives = (~truth & says).sum()
    false_negatives = (truth & ~says).sum()
    precision = true_positives / (true_positives + false_positives)
    recall = true_positives / (true_positives + false_negatives)
    false_positive_rate = false_positives / truth.sum()
    f_score = (1 + beta**2) * precision * recall / (beta**2 * precision + recall)
    return precision, recall, false_positive_rate, f_score


# %% wrong="scores: always F1; breaks: beta is ignored, a beta above 1 makes recall count more"
def scores(truth: torch.Tensor, says: torch.Tensor, beta: float):
    true_positives = (truth & says).sum()
    false_positives = (~truth & says).sum()
    false_negatives = (truth & ~says).sum()
    precision = true_positives / (true_positives + false_positives)
    recall = true_positives / (true_positives + false_negatives)
    false_positive_rate = false_positives / (~truth).sum()
    f_score = 2 * precision * recall / (precision + recall)
    return precision, recall, false_positive_rate, f_score


# %% wrong="scores: counts the misses in place; breaks: leaves its inputs unchanged, truth is overwritten"
def scores(truth: torch.Tensor, says: torch.Tensor, beta: float):
    true_positives = (truth & says).sum()
    false_positives = (~truth & says).sum()
    negatives = (~truth).sum()
    false_negatives = truth.logical_and_(~says).sum()
    precision = true_positives / (true_positives + false_positives)
    recall = true_positives / (true_positives + false_negatives)
    false_positive_rate = false_positives / negatives
    f_score = (1 + beta**2) * precision * recall / (beta**2 * precision + recall)
    return precision, recall, false_positive_rate, f_score


# %% right="estimates: the largest weight becomes 1"
def monte_carlo(values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    return values.mean(), values.std() / len(values) ** 0.5


def importance(values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor) -> torch.Tensor:
    return (values * (log_p - log_q).exp()).mean()


def self_normalised(
    values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    log_w = log_p - log_q
    w = (log_w - log_w.max()).exp()
    return (w * values).sum() / w.sum(), w.sum() ** 2 / w.square().sum()


# %% right="estimates: softmax for the shares, the standard error from the squares"
def monte_carlo(values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    n = values.numel()
    mean = values.sum() / n
    return mean, ((values - mean).square().sum() / (n - 1) / n).sqrt()


def importance(values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor) -> torch.Tensor:
    return torch.dot(values, torch.exp(log_p - log_q)) / values.numel()


def self_normalised(
    values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    shares = torch.softmax(log_p - log_q, dim=0)
    return shares @ values, 1 / (shares @ shares)


# %% right="estimates: numpy in double precision, cast back"
def monte_carlo(values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    x = values.detach().numpy().astype(np.float64)
    error = x.std(ddof=1) / math.sqrt(len(x))
    return torch.tensor(float(x.mean()), dtype=values.dtype), torch.tensor(float(error), dtype=values.dtype)


def importance(values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor) -> torch.Tensor:
    x, p, q = (one.detach().numpy().astype(np.float64) for one in (values, log_p, log_q))
    return torch.tensor(float(np.mean(x * np.exp(p - q))), dtype=values.dtype)


def self_normalised(
    values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    x, p, q = (one.detach().numpy().astype(np.float64) for one in (values, log_p, log_q))
    w = np.exp(p - q - np.max(p - q))
    w /= w.sum()
    estimate, size = float(np.sum(w * x)), float(1 / np.sum(w**2))
    return torch.tensor(estimate, dtype=values.dtype), torch.tensor(size, dtype=values.dtype)


# %% wrong="estimates: plain exponentials in the self-normalised estimate; breaks: log_p may lack any constant and the results must not suffer, seen with log_p around 1000 or -1000"
def monte_carlo(values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    return values.mean(), values.std() / len(values) ** 0.5


def importance(values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor) -> torch.Tensor:
    return (values * (log_p - log_q).exp()).mean()


def self_normalised(
    values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    w = (log_p - log_q).exp()
    return (w * values).sum() / w.sum(), w.sum() ** 2 / w.square().sum()


# %% wrong="estimates: importance weights without q; breaks: the weight is p / q, seen with log_q other than 0"
def monte_carlo(values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    return values.mean(), values.std() / len(values) ** 0.5


def importance(values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor) -> torch.Tensor:
    return (values * log_p.exp()).mean()


def self_normalised(
    values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    w = (log_p - log_p.max()).exp()
    return (w * values).sum() / w.sum(), w.sum() ** 2 / w.square().sum()


# %% wrong="estimates: subtracts log_q from log_p in place; breaks: leaves its inputs unchanged, seen with log_q other than 0"
def monte_carlo(values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    return values.mean(), values.std() / len(values) ** 0.5


def importance(values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor) -> torch.Tensor:
    log_p -= log_q
    return (values * log_p.exp()).mean()


def self_normalised(
    values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    log_p -= log_q
    w = (log_p - log_p.max()).exp()
    return (w * values).sum() / w.sum(), w.sum() ** 2 / w.square().sum()


# %% wrong="estimates: goes to double against overflow and stays there; breaks: accepts float32 and float64 and returns tensors of the same type"
def monte_carlo(values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    values = values.double()
    return values.mean(), values.std() / len(values) ** 0.5


def importance(values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor) -> torch.Tensor:
    return (values.double() * (log_p.double() - log_q.double()).exp()).mean()


def self_normalised(
    values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    log_w = log_p.double() - log_q.double()
    w = (log_w - log_w.max()).exp()
    return (w * values.double()).sum() / w.sum(), w.sum() ** 2 / w.square().sum()


# %% wrong="estimates: clamps the log weights against overflow; breaks: log_p may lack any constant and the results must not suffer, seen with log_p around 1000, where all weights become equal"
def monte_carlo(values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    return values.mean(), values.std() / len(values) ** 0.5


def importance(values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor) -> torch.Tensor:
    return (values * (log_p - log_q).exp()).mean()


def self_normalised(
    values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    w = (log_p - log_q).clamp(-30, 30).exp()
    return (w * values).sum() / w.sum(), w.sum() ** 2 / w.square().sum()


# %% right="gibbs: plain random numbers and a list, a tensor at the end"
def gibbs(rho: float, n: int, start: tuple[float, float], burn_in: int, thin: int) -> torch.Tensor:
    first, second = start
    noise = math.sqrt(1 - rho**2)
    kept = []
    for sweep in range(1, burn_in + n * thin + 1):
        first = random.gauss(rho * second, noise)
        second = random.gauss(rho * first, noise)
        if sweep > burn_in and (sweep - burn_in) % thin == 0:
            kept.append((first, second))
    return torch.tensor(kept, dtype=torch.float64)


# %% right="gibbs: all noise drawn at once by torch, rows of a tensor filled"
def gibbs(rho: float, n: int, start: tuple[float, float], burn_in: int, thin: int) -> torch.Tensor:
    noise = ((1 - rho * rho) ** 0.5 * torch.randn(burn_in + n * thin, 2)).tolist()
    walk = torch.empty(len(noise), 2)
    x2 = start[1]
    for place, (one, two) in enumerate(noise):
        x1 = rho * x2 + one
        x2 = rho * x1 + two
        walk[place, 0], walk[place, 1] = x1, x2
    return walk[burn_in:][thin - 1 :: thin].clone()


# %% right="gibbs: a generator of states"
def _states_of_walk(rho, start):
    x1, x2 = start
    deviation = math.sqrt(max(0.0, 1 - rho**2))
    while True:
        x1 = rho * x2 + deviation * float(np.random.normal())
        x2 = rho * x1 + deviation * float(np.random.normal())
        yield x1, x2


def gibbs(rho: float, n: int, start: tuple[float, float], burn_in: int, thin: int) -> torch.Tensor:
    walk = _states_of_walk(rho, start)
    for _ in range(burn_in):
        next(walk)
    rows = []
    while len(rows) < n:
        for _ in range(thin):
            state = next(walk)
        rows.append(torch.tensor(state))
    return torch.stack(rows)


# %% wrong="gibbs: keeps the first sweep of each group of thin; breaks: keep the state after every thin-th sweep, seen with thin = 10 and a start far away"
def gibbs(rho: float, n: int, start: tuple[float, float], burn_in: int, thin: int) -> torch.Tensor:
    x1, x2 = start
    noise = math.sqrt(1 - rho**2)
    kept = []
    for sweep in range(burn_in + n * thin):
        x1 = random.gauss(rho * x2, noise)
        x2 = random.gauss(rho * x1, noise)
        if sweep >= burn_in and (sweep - burn_in) % thin == 0:
            kept.append([x1, x2])
    return torch.tensor(kept)


# %% wrong="gibbs: forgets the burn-in; breaks: do burn_in sweeps and keep none of their states, seen with a start far away and rho = 0.9"
def gibbs(rho: float, n: int, start: tuple[float, float], burn_in: int, thin: int) -> torch.Tensor:
    x1, x2 = start
    noise = math.sqrt(1 - rho**2)
    kept = []
    for _ in range(n):
        for _ in range(thin):
            x1 = random.gauss(rho * x2, noise)
            x2 = random.gauss(rho * x1, noise)
        kept.append([x1, x2])
    return torch.tensor(kept)


# %% wrong="gibbs: seeds torch at the beginning; breaks: every call draws afresh and seeds no random generator"
def gibbs(rho: float, n: int, start: tuple[float, float], burn_in: int, thin: int) -> torch.Tensor:
    torch.manual_seed(42)
    x1, x2 = start
    noise = math.sqrt(1 - rho**2)
    kept = []
    for sweep in range(burn_in + n * thin):
        x1 = rho * x2 + noise * torch.randn(()).item()
        x2 = rho * x1 + noise * torch.randn(()).item()
        if sweep >= burn_in and (sweep - burn_in + 1) % thin == 0:
            kept.append([x1, x2])
    return torch.tensor(kept)


# %% wrong="gibbs: returns an array; breaks: returns one tensor, not a list of its rows, an array or a plain number"
def gibbs(rho: float, n: int, start: tuple[float, float], burn_in: int, thin: int) -> torch.Tensor:
    x1, x2 = start
    noise = math.sqrt(1 - rho**2)
    kept = np.zeros((n, 2))
    for sweep in range(burn_in + n * thin):
        x1 = random.gauss(rho * x2, noise)
        x2 = random.gauss(rho * x1, noise)
        if sweep >= burn_in and (sweep - burn_in + 1) % thin == 0:
            kept[(sweep - burn_in) // thin] = x1, x2
    return kept


# %% wrong="gibbs: takes the variance for the deviation; breaks: the second number is the variance, 1 - rho squared, seen with rho = 0.8"
def gibbs(rho: float, n: int, start: tuple[float, float], burn_in: int, thin: int) -> torch.Tensor:
    x1, x2 = start
    kept = []
    for sweep in range(burn_in + n * thin):
        x1 = random.gauss(rho * x2, 1 - rho**2)
        x2 = random.gauss(rho * x1, 1 - rho**2)
        if sweep >= burn_in and (sweep - burn_in + 1) % thin == 0:
            kept.append([x1, x2])
    return torch.tensor(kept)


# %% right="metropolis: the state is noted whether it moved or not"
def metropolis(log_p, start: float, step: float, n: int) -> list[float]:
    """The n states after start of a chain whose long-run law has the log density log_p, up to a constant."""
    x, chain = start, []
    while len(chain) < n:
        proposal = random.gauss(x, step)
        log_ratio = log_p(proposal) - log_p(x)
        if random.random() < math.exp(min(0.0, log_ratio)):
            x = proposal
        chain.append(x)
    return chain


# %% right="metropolis: a for loop that remembers the log density, uphill without a draw"
def metropolis(log_p, start: float, step: float, n: int) -> list[float]:
    here, height = start, log_p(start)
    chain = []
    for _ in range(n):
        there = here + step * random.gauss(0.0, 1.0)
        there_height = log_p(there)
        if there_height >= height or random.random() < math.exp(there_height - height):
            here, height = there, there_height
        chain.append(here)
    return chain


# %% right="metropolis: compares logarithms, noise of torch drawn beforehand"
def metropolis(log_p, start: float, step: float, n: int) -> list[float]:
    moves = (step * torch.randn(n, dtype=torch.float64)).tolist()
    limits = torch.empty(n, dtype=torch.float64).exponential_().neg().tolist()
    chain = [start]
    for move, limit in zip(moves, limits):
        x = chain[-1]
        accepted = log_p(x + move) - log_p(x) >= limit
        chain.append(x + move if accepted else x)
    return chain[1:]


# %% wrong="metropolis: notes the state before the step; breaks: the n states after start, the first one is start itself"
def metropolis(log_p, start: float, step: float, n: int) -> list[float]:
    x, chain = start, []
    while len(chain) < n:
        chain.append(x)
        proposal = random.gauss(x, step)
        log_ratio = log_p(proposal) - log_p(x)
        if random.random() < math.exp(min(0.0, log_ratio)):
            x = proposal
    return chain


# %% wrong="metropolis: goes uphill only; breaks: downhill sometimes, accept with probability min(1, p(new) / p(x)), seen with a normal law, where the chain sticks to the peak"
def metropolis(log_p, start: float, step: float, n: int) -> list[float]:
    x, chain = start, []
    while len(chain) < n:
        proposal = random.gauss(x, step)
        if log_p(proposal) >= log_p(x):
            x = proposal
        chain.append(x)
    return chain


# %% wrong="metropolis: accepts if the ratio is above one half; breaks: accept with probability min(1, p(new) / p(x)), seen with a normal or exponential law"
def metropolis(log_p, start: float, step: float, n: int) -> list[float]:
    x, chain = start, []
    while len(chain) < n:
        proposal = random.gauss(x, step)
        log_ratio = log_p(proposal) - log_p(x)
        if math.exp(min(0.0, log_ratio)) > 0.5:
            x = proposal
        chain.append(x)
    return chain


# %% wrong="metropolis: seeds the generator; breaks: every call draws afresh and seeds no random generator; once more"
def metropolis(log_p, start: float, step: float, n: int) -> list[float]:
    random.seed(0)
    x, chain = start, []
    while len(chain) < n:
        proposal = random.gauss(x, step)
        log_ratio = log_p(proposal) - log_p(x)
        if random.random() < math.exp(min(0.0, log_ratio)):
            x = proposal
        chain.append(x)
    return chain


# %% wrong="metropolis: n proposals, but only the accepted ones are kept; breaks: the chain has the n states after start, and a rejected proposal is a state again, seen with any law that rejects"
def metropolis(log_p, start: float, step: float, n: int) -> list[float]:
    x, chain = start, []
    for _ in range(n):
        proposal = random.gauss(x, step)
        log_ratio = log_p(proposal) - log_p(x)
        if random.random() < math.exp(min(0.0, log_ratio)):
            x = proposal
            chain.append(x)
    return chain


# %% right="roc: a loop over the different scores, the area by trapezoids"
def roc(truth: torch.Tensor, score: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    positives, negatives = int(truth.sum()), int((~truth).sum())
    false_alarms, found = [0.0], [0.0]
    for threshold in score.unique().flip(0):
        says = score >= threshold
        false_alarms.append(int((says & ~truth).sum()) / negatives)
        found.append(int((says & truth).sum()) / positives)
    return torch.tensor(false_alarms), torch.tensor(found)


def auc(truth: torch.Tensor, score: torch.Tensor) -> float:
    across, up = (one.double() for one in roc(truth, score))
    return float(((across[1:] - across[:-1]) * (up[1:] + up[:-1])).sum() / 2)


# %% right="roc: broadcasting, the area among all pairs"
def roc(truth: torch.Tensor, score: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    thresholds = torch.unique(score).sort(descending=True).values
    rates = []
    for group in (score[~truth], score[truth]):
        share = (group[None, :] >= thresholds[:, None]).double().mean(dim=1)
        rates.append(F.pad(share, (1, 0)))
    return rates[0], rates[1]


def auc(truth: torch.Tensor, score: torch.Tensor) -> float:
    ahead = score[truth][:, None] - score[~truth][None, :]
    return ((ahead > 0).double() + 0.5 * (ahead == 0).double()).mean().item()


# %% right="roc: sort once, running counts, the last of equal scores stays"
def roc(truth: torch.Tensor, score: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    order = score.argsort(descending=True)
    ranked, hit = score[order], truth[order]
    last = torch.ones(len(ranked), dtype=torch.bool)
    last[:-1] = ranked[1:] != ranked[:-1]
    up, across = hit.cumsum(0)[last].double(), (~hit).cumsum(0)[last].double()
    zero = torch.zeros(1, dtype=torch.float64)
    return torch.cat([zero, across / across[-1]]), torch.cat([zero, up / up[-1]])


def auc(truth: torch.Tensor, score: torch.Tensor) -> float:
    false_alarms, found = roc(truth, score)
    return torch.trapezoid(found, false_alarms).item()


# %% wrong="roc: false alarms as a share of the positives; breaks: the false-positive rate is the share of the negatives, seen with two positives and three negatives"
def roc(truth: torch.Tensor, score: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    thresholds = score.unique().flip(0)
    says = score >= thresholds[:, None]
    false_alarms = (says & ~truth).sum(dim=1) / truth.sum()
    found = (says & truth).sum(dim=1) / truth.sum()
    return F.pad(false_alarms, (1, 0)), F.pad(found, (1, 0))


def auc(truth: torch.Tensor, score: torch.Tensor) -> float:
    false_alarms, found = roc(truth, score)
    return torch.trapezoid(found, false_alarms).item()


# %% wrong="roc: takes 1.1 for a threshold above everything; breaks: any finite numbers, and first 0 and 0, seen with scores of 5"
def roc(truth: torch.Tensor, score: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    thresholds = torch.cat([torch.tensor([1.1]), score.unique().flip(0)])
    says = score >= thresholds[:, None]
    false_alarms = (says & ~truth).sum(dim=1) / (~truth).sum()
    found = (says & truth).sum(dim=1) / truth.sum()
    return false_alarms, found


def auc(truth: torch.Tensor, score: torch.Tensor) -> float:
    false_alarms, found = roc(truth, score)
    return torch.trapezoid(found, false_alarms).item()


# %% wrong="roc: brings the scores between 0 and 1 in place; breaks: leaves its inputs unchanged"
def roc(truth: torch.Tensor, score: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    score -= score.min()
    score /= score.max()
    says = score >= score.unique().flip(0)[:, None]
    false_alarms = (says & ~truth).sum(dim=1) / (~truth).sum()
    found = (says & truth).sum(dim=1) / truth.sum()
    return F.pad(false_alarms, (1, 0)), F.pad(found, (1, 0))


def auc(truth: torch.Tensor, score: torch.Tensor) -> float:
    false_alarms, found = roc(truth, score)
    return torch.trapezoid(found, false_alarms).item()


# %% wrong="roc: returns two lists; breaks: roc returns tensors, not lists of rows, arrays or plain numbers"
def roc(truth: torch.Tensor, score: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    false_alarms, found = [0.0], [0.0]
    for threshold in sorted(set(score.tolist()), reverse=True):
        says = score >= threshold
        false_alarms.append((says & ~truth).sum().item() / (~truth).sum().item())
        found.append((says & truth).sum().item() / truth.sum().item())
    return false_alarms, found


def auc(truth: torch.Tensor, score: torch.Tensor) -> float:
    x, y = roc(truth, score)
    return sum((x[i + 1] - x[i]) * (y[i + 1] + y[i]) / 2 for i in range(len(x) - 1))


# %% wrong="roc: divides the won pairs by the square of half the pictures; breaks: the probability that a random positive gets a higher score than a random negative, seen with one positive and three negatives"
def roc(truth: torch.Tensor, score: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    says = score >= score.unique().flip(0)[:, None]
    false_alarms = (says & ~truth).sum(dim=1) / (~truth).sum()
    found = (says & truth).sum(dim=1) / truth.sum()
    return F.pad(false_alarms, (1, 0)), F.pad(found, (1, 0))


def auc(truth: torch.Tensor, score: torch.Tensor) -> float:
    won = 0.0
    for good in score[truth].tolist():
        for bad in score[~truth].tolist():
            won += 1.0 if good > bad else 0.5 if good == bad else 0.0
    return won / (len(truth) / 2) ** 2


# %% right="ranking: sorted pairs and a loop down the list"
def _points_down(truth, score):
    pairs = sorted(zip(score.tolist(), truth.tolist()), key=lambda pair: pair[0], reverse=True)
    found, points = 0, []
    for rank, (_, good) in enumerate(pairs, start=1):
        found += bool(good)
        points.append((bool(good), found, found / rank))
    return points


def precision_at(truth: torch.Tensor, score: torch.Tensor, k: int) -> float:
    return _points_down(truth, score)[k - 1][2]


def average_precision(truth: torch.Tensor, score: torch.Tensor) -> float:
    at_right = [precision for good, _, precision in _points_down(truth, score) if good]
    return sum(at_right) / len(at_right)


def interpolated_precision(truth: torch.Tensor, score: torch.Tensor, recall: float) -> float:
    points = _points_down(truth, score)
    total = points[-1][1]
    return max(precision for _, found, precision in points if found >= recall * total - 1e-9)


# %% right="ranking: cumsum in double, topk for the first page"
def precision_at(truth: torch.Tensor, score: torch.Tensor, k: int) -> float:
    return truth[score.topk(k).indices].double().mean().item()


def average_precision(truth: torch.Tensor, score: torch.Tensor) -> float:
    ranked = truth[score.argsort(descending=True)].double()
    precision = ranked.cumsum(0) / torch.arange(1, len(ranked) + 1)
    return ((precision * ranked).sum() / ranked.sum()).item()


def interpolated_precision(truth: torch.Tensor, score: torch.Tensor, recall: float) -> float:
    ranked = truth[score.argsort(descending=True)].double()
    found = ranked.cumsum(0)
    precision = found / torch.arange(1, len(ranked) + 1)
    return precision[found / found[-1] >= recall - 1e-9].max().item()


# %% right="ranking: numpy, and for each positive how many stand at or above it"
def precision_at(truth: torch.Tensor, score: torch.Tensor, k: int) -> float:
    order = np.argsort(-score.numpy())
    return float(truth.numpy()[order[:k]].sum() / k)


def average_precision(truth: torch.Tensor, score: torch.Tensor) -> float:
    good = score[truth]
    total = 0.0
    for one in good:
        total += (good >= one).sum().item() / (score >= one).sum().item()
    return total / len(good)


def interpolated_precision(truth: torch.Tensor, score: torch.Tensor, recall: float) -> float:
    good, best = score[truth], 0.0
    for one in good:
        found = (good >= one).sum().item()
        if found / len(good) >= recall - 1e-9:
            best = max(best, found / (score >= one).sum().item())
    return best


# %% wrong="ranking: the precision at the first rank that reaches the recall; breaks: the highest precision at any rank whose recall is at least this, seen with truth right, wrong, wrong, right, right and recall 0.6"
def precision_at(truth: torch.Tensor, score: torch.Tensor, k: int) -> float:
    return truth[score.argsort(descending=True)][:k].double().mean().item()


def average_precision(truth: torch.Tensor, score: torch.Tensor) -> float:
    ranked = truth[score.argsort(descending=True)]
    precision = ranked.cumsum(0).double() / torch.arange(1, len(ranked) + 1)
    return precision[ranked].mean().item()


def interpolated_precision(truth: torch.Tensor, score: torch.Tensor, recall: float) -> float:
    ranked = truth[score.argsort(descending=True)].tolist()
    found = 0
    for rank, good in enumerate(ranked, start=1):
        found += good
        if found / sum(ranked) >= recall - 1e-9:
            return found / rank
    return 0.0


# %% wrong="ranking: asks for a recall above the given one; breaks: whose recall is at least this, seen with two positives and recall 0.5"
def precision_at(truth: torch.Tensor, score: torch.Tensor, k: int) -> float:
    return truth[score.argsort(descending=True)][:k].double().mean().item()


def average_precision(truth: torch.Tensor, score: torch.Tensor) -> float:
    ranked = truth[score.argsort(descending=True)]
    precision = ranked.cumsum(0).double() / torch.arange(1, len(ranked) + 1)
    return precision[ranked].mean().item()


def interpolated_precision(truth: torch.Tensor, score: torch.Tensor, recall: float) -> float:
    ranked = truth[score.argsort(descending=True)]
    found = ranked.cumsum(0).double()
    precision = found / torch.arange(1, len(ranked) + 1)
    return max(precision[found / found[-1] > recall].tolist(), default=0.0)


# %% wrong="ranking: does not sort by the scores; breaks: among the k highest scores, seen with scores that are not in descending order"
def precision_at(truth: torch.Tensor, score: torch.Tensor, k: int) -> float:
    return truth[:k].double().mean().item()


def average_precision(truth: torch.Tensor, score: torch.Tensor) -> float:
    precision = truth.cumsum(0).double() / torch.arange(1, len(truth) + 1)
    return precision[truth].mean().item()


def interpolated_precision(truth: torch.Tensor, score: torch.Tensor, recall: float) -> float:
    found = truth.cumsum(0).double()
    precision = found / torch.arange(1, len(truth) + 1)
    return precision[found / found[-1] >= recall - 1e-9].max().item()


# %% wrong="ranking: divides by the number of right ones; breaks: the share of right ones among the k highest, seen with k unlike the number of positives"
def precision_at(truth: torch.Tensor, score: torch.Tensor, k: int) -> float:
    ranked = truth[score.argsort(descending=True)]
    return (ranked[:k].sum() / ranked.sum()).item()


def average_precision(truth: torch.Tensor, score: torch.Tensor) -> float:
    ranked = truth[score.argsort(descending=True)]
    precision = ranked.cumsum(0).double() / torch.arange(1, len(ranked) + 1)
    return precision[ranked].mean().item()


def interpolated_precision(truth: torch.Tensor, score: torch.Tensor, recall: float) -> float:
    ranked = truth[score.argsort(descending=True)]
    found = ranked.cumsum(0).double()
    precision = found / torch.arange(1, len(ranked) + 1)
    return precision[found / found[-1] >= recall - 1e-9].max().item()


# %% wrong="ranking: turns the sign of the scores in place to sort them downwards; breaks: leaves its inputs unchanged"
def precision_at(truth: torch.Tensor, score: torch.Tensor, k: int) -> float:
    order = score.neg_().argsort()
    return truth[order][:k].double().mean().item()


def average_precision(truth: torch.Tensor, score: torch.Tensor) -> float:
    ranked = truth[score.argsort(descending=True)]
    precision = ranked.cumsum(0).double() / torch.arange(1, len(ranked) + 1)
    return precision[ranked].mean().item()


def interpolated_precision(truth: torch.Tensor, score: torch.Tensor, recall: float) -> float:
    ranked = truth[score.argsort(descending=True)]
    found = ranked.cumsum(0).double()
    precision = found / torch.arange(1, len(ranked) + 1)
    return precision[found / found[-1] >= recall - 1e-9].max().item()


# %% right="detections: down the scores with a set of claimed boxes"
def match(boxes: torch.Tensor, score: torch.Tensor, true_boxes: torch.Tensor, threshold: float) -> torch.Tensor:
    overlap = iou(boxes, true_boxes)
    right = torch.zeros(len(boxes), dtype=torch.bool)
    claimed = set()
    for place in score.argsort(descending=True).tolist():
        favourite = int(overlap[place].argmax())
        if overlap[place, favourite] >= threshold and favourite not in claimed:
            claimed.add(favourite)
            right[place] = True
    return right


def detection_ap(right: torch.Tensor, score: torch.Tensor, objects: int) -> float:
    ranked = right[score.argsort(descending=True)].double()
    precision = ranked.cumsum(0) / torch.arange(1, len(ranked) + 1)
    return float((precision * ranked).sum() / objects)


# %% right="detections: the first good claim of each true box, without a loop over scores"
def match(boxes: torch.Tensor, score: torch.Tensor, true_boxes: torch.Tensor, threshold: float) -> torch.Tensor:
    best, favourite = iou(boxes, true_boxes).max(dim=1)
    good = best >= threshold
    rival = (favourite[:, None] == favourite[None, :]) & good[None, :] & (score[None, :] > score[:, None])
    return good & ~rival.any(dim=1)


def detection_ap(right: torch.Tensor, score: torch.Tensor, objects: int) -> float:
    total = 0.0
    for one in score[right]:
        above = score >= one
        total += (above & right).sum().item() / above.sum().item()
    return total / objects


# %% right="detections: plain lists, a table of free true boxes"
def match(boxes: torch.Tensor, score: torch.Tensor, true_boxes: torch.Tensor, threshold: float) -> torch.Tensor:
    overlap, scored = iou(boxes, true_boxes), score.tolist()
    free = [True] * len(true_boxes)
    answers = [False] * len(scored)
    for place in sorted(range(len(scored)), key=scored.__getitem__, reverse=True):
        best, favourite = overlap[place].max(dim=0)
        if bool(best >= threshold) and free[favourite]:
            free[favourite], answers[place] = False, True
    return torch.tensor(answers)


def detection_ap(right: torch.Tensor, score: torch.Tensor, objects: int) -> float:
    found, total = 0, 0.0
    for rank, place in enumerate(score.argsort(descending=True).tolist(), start=1):
        if right[place]:
            found += 1
            total += found / rank
    return total / objects


# %% wrong="detections: a double goes for the best true box that is still free; breaks: a box whose favourite is taken is wrong, even if it also overlaps with another one"
def match(boxes: torch.Tensor, score: torch.Tensor, true_boxes: torch.Tensor, threshold: float) -> torch.Tensor:
    overlap = iou(boxes, true_boxes)
    right = torch.zeros(len(boxes), dtype=torch.bool)
    for place in score.argsort(descending=True).tolist():
        favourite = int(overlap[place].argmax())
        if overlap[place, favourite] >= threshold:
            right[place] = True
            overlap[:, favourite] = -1.0
    return right


def detection_ap(right: torch.Tensor, score: torch.Tensor, objects: int) -> float:
    ranked = right[score.argsort(descending=True)].double()
    precision = ranked.cumsum(0) / torch.arange(1, len(ranked) + 1)
    return float((precision * ranked).sum() / objects)


# %% wrong="detections: a box below the threshold claims its favourite too; breaks: it claims the true box only if it is right, seen with a bad box that scores above a good one"
def match(boxes: torch.Tensor, score: torch.Tensor, true_boxes: torch.Tensor, threshold: float) -> torch.Tensor:
    overlap = iou(boxes, true_boxes)
    right = torch.zeros(len(boxes), dtype=torch.bool)
    claimed = set()
    for place in score.argsort(descending=True).tolist():
        favourite = int(overlap[place].argmax())
        if favourite not in claimed:
            right[place] = overlap[place, favourite] >= threshold
        claimed.add(favourite)
    return right


def detection_ap(right: torch.Tensor, score: torch.Tensor, objects: int) -> float:
    ranked = right[score.argsort(descending=True)].double()
    precision = ranked.cumsum(0) / torch.arange(1, len(ranked) + 1)
    return float((precision * ranked).sum() / objects)


# %% wrong="detections: the average precision in the given order; breaks: the precisions at the ranks by score, seen with scores that are not in descending order"
def match(boxes: torch.Tensor, score: torch.Tensor, true_boxes: torch.Tensor, threshold: float) -> torch.Tensor:
    overlap = iou(boxes, true_boxes)
    right = torch.zeros(len(boxes), dtype=torch.bool)
    claimed = set()
    for place in score.argsort(descending=True).tolist():
        favourite = int(overlap[place].argmax())
        if overlap[place, favourite] >= threshold and favourite not in claimed:
            claimed.add(favourite)
            right[place] = True
    return right


def detection_ap(right: torch.Tensor, score: torch.Tensor, objects: int) -> float:
    found, total = 0, 0.0
    for rank, good in enumerate(right.tolist(), start=1):
        if good:
            found += 1
            total += found / rank
    return total / objects


# %% wrong="detections: marks the boxes that are done by overwriting their scores; breaks: leaves its inputs unchanged"
def match(boxes: torch.Tensor, score: torch.Tensor, true_boxes: torch.Tensor, threshold: float) -> torch.Tensor:
    overlap = iou(boxes, true_boxes)
    right = torch.zeros(len(boxes), dtype=torch.bool)
    claimed = set()
    for _ in range(len(boxes)):
        place = int(score.argmax())
        score[place] = -math.inf
        favourite = int(overlap[place].argmax())
        if overlap[place, favourite] >= threshold and favourite not in claimed:
            claimed.add(favourite)
            right[place] = True
    return right


def detection_ap(right: torch.Tensor, score: torch.Tensor, objects: int) -> float:
    ranked = right[score.argsort(descending=True)].double()
    precision = ranked.cumsum(0) / torch.arange(1, len(ranked) + 1)
    return float((precision * ranked).sum() / objects)


# %% wrong="detections: each true box picks the highest score that overlaps enough; breaks: each box goes for the true box with which it overlaps most, seen with one box over two true boxes and a second box that prefers one of them"
def match(boxes: torch.Tensor, score: torch.Tensor, true_boxes: torch.Tensor, threshold: float) -> torch.Tensor:
    enough = iou(boxes, true_boxes) >= threshold
    right = torch.zeros(len(boxes), dtype=torch.bool)
    for column in enough.T:
        if column.any():
            right[score.masked_fill(~column, -math.inf).argmax()] = True
    return right


def detection_ap(right: torch.Tensor, score: torch.Tensor, objects: int) -> float:
    ranked = right[score.argsort(descending=True)].double()
    precision = ranked.cumsum(0) / torch.arange(1, len(ranked) + 1)
    return float((precision * ranked).sum() / objects)
