# Answers by a panel that read only the released notebook: what `course audit` grades and counts apart. No student sees them.

# %% right="mass: the orders as a product of quotients, factorials as products of ranges"
def binomial(k: int, n: int, p: float) -> float:
    """The probability of k successes in n independent trials, each of which succeeds with probability p."""
    return math.prod((n - i) / (i + 1) for i in range(k)) * p**k * pow(1 - p, n - k)


def binomial_moments(n: int, p: float) -> tuple[float, float]:
    """The mean and the variance of the number of successes."""
    return n * p, n * p * (1 - p)


def multinomial_mass(counts: list[int], p: list[float]) -> float:
    """The probability that n independent trials give exactly these counts of the outcomes."""
    n = sum(counts)
    same = math.prod(math.prod(range(1, count + 1)) for count in counts)
    orders = math.prod(range(1, n + 1)) / same
    return orders * math.prod(pow(chance, count) for chance, count in zip(p, counts, strict=True))


# %% right="mass: factorials for the binomial law, variance as mean minus n p squared, powers as products"
def binomial(k: int, n: int, p: float) -> float:
    """The probability of k successes in n independent trials, each of which succeeds with probability p."""
    return (math.factorial(n) // (math.factorial(k) * math.factorial(n - k))) * p**k * math.prod([1 - p] * (n - k))


def binomial_moments(n: int, p: float) -> tuple[float, float]:
    """The mean and the variance of the number of successes."""
    return n * p, n * p - n * p**2


def multinomial_mass(counts: list[int], p: list[float]) -> float:
    """The probability that n independent trials give exactly these counts of the outcomes."""
    n = sum(counts)
    same = math.prod(math.factorial(count) for count in counts)
    orders = math.factorial(n) / same
    return orders * math.prod(math.prod([chance] * count) for chance, count in zip(p, counts, strict=True))


# %% right="mass: perm by factorial, moments summed trial by trial"
def binomial(k: int, n: int, p: float) -> float:
    """The probability of k successes in n independent trials, each of which succeeds with probability p."""
    return (math.perm(n, k) // math.factorial(k)) * p**k * (1 - p) ** (n - k)


def binomial_moments(n: int, p: float) -> tuple[float, float]:
    """The mean and the variance of the number of successes."""
    return math.fsum(p for _ in range(n)), math.fsum(p * (1 - p) for _ in range(n))


def multinomial_mass(counts: list[int], p: list[float]) -> float:
    """The probability that n independent trials give exactly these counts of the outcomes."""
    n = sum(counts)
    same = math.prod(math.perm(count) for count in counts)
    orders = math.perm(n) // same
    return orders * math.prod(chance**count for chance, count in zip(p, counts, strict=True))


# %% wrong="mass: the failures get p in place of 1 - p; breaks: k successes in n trials, seen with p = 0.3"
def binomial(k: int, n: int, p: float) -> float:
    """The probability of k successes in n independent trials, each of which succeeds with probability p."""
    return math.comb(n, k) * p**k * p ** (n - k)


def binomial_moments(n: int, p: float) -> tuple[float, float]:
    """The mean and the variance of the number of successes."""
    return n * p, n * p * (1 - p)


def multinomial_mass(counts: list[int], p: list[float]) -> float:
    """The probability that n independent trials give exactly these counts of the outcomes."""
    n = sum(counts)
    same = math.prod(math.factorial(count) for count in counts)
    orders = math.factorial(n) // same
    return orders * math.prod(chance**count for chance, count in zip(p, counts, strict=True))


# %% wrong="mass: variance n p squared; breaks: variance of the number of successes, seen with p = 0.3"
def binomial(k: int, n: int, p: float) -> float:
    """The probability of k successes in n independent trials, each of which succeeds with probability p."""
    return math.comb(n, k) * p**k * (1 - p) ** (n - k)


def binomial_moments(n: int, p: float) -> tuple[float, float]:
    """The mean and the variance of the number of successes."""
    return n * p, n * p * p


def multinomial_mass(counts: list[int], p: list[float]) -> float:
    """The probability that n independent trials give exactly these counts of the outcomes."""
    n = sum(counts)
    same = math.prod(math.factorial(count) for count in counts)
    orders = math.factorial(n) // same
    return orders * math.prod(chance**count for chance, count in zip(p, counts, strict=True))


# %% wrong="mass: n in place of the number of orders; breaks: how many orders there are, seen with k = 2 and n = 5"
def binomial(k: int, n: int, p: float) -> float:
    """The probability of k successes in n independent trials, each of which succeeds with probability p."""
    return n * p**k * (1 - p) ** (n - k)


def binomial_moments(n: int, p: float) -> tuple[float, float]:
    """The mean and the variance of the number of successes."""
    return n * p, n * p * (1 - p)


def multinomial_mass(counts: list[int], p: list[float]) -> float:
    """The probability that n independent trials give exactly these counts of the outcomes."""
    n = sum(counts)
    same = math.prod(math.factorial(count) for count in counts)
    orders = math.factorial(n) // same
    return orders * math.prod(chance**count for chance, count in zip(p, counts, strict=True))


# %% wrong="mass: orders not divided by the orders of equal outcomes; breaks: the number of orders is n! by the product of k_j!, seen with counts 2 and 1"
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
    orders = math.factorial(n)
    return orders * math.prod(chance**count for chance, count in zip(p, counts, strict=True))


# %% wrong="mass: count itself in place of its factorial; breaks: number of orders, seen with a count of 3"
def binomial(k: int, n: int, p: float) -> float:
    """The probability of k successes in n independent trials, each of which succeeds with probability p."""
    return math.comb(n, k) * p**k * (1 - p) ** (n - k)


def binomial_moments(n: int, p: float) -> tuple[float, float]:
    """The mean and the variance of the number of successes."""
    return n * p, n * p * (1 - p)


def multinomial_mass(counts: list[int], p: list[float]) -> float:
    """The probability that n independent trials give exactly these counts of the outcomes."""
    n = sum(counts)
    same = math.prod(max(count, 1) for count in counts)
    orders = math.factorial(n) // same
    return orders * math.prod(chance**count for chance, count in zip(p, counts, strict=True))


# %% wrong="mass: chance times count in place of a power; breaks: product of the trials probabilities, seen with counts 0 or 2"
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
    orders = math.factorial(n) // same
    return orders * math.prod(chance * count for chance, count in zip(p, counts, strict=True))


# %% wrong="mass: results are tensors; breaks: it returns plain Python numbers, not tensors"
def binomial(k: int, n: int, p: float) -> float:
    """The probability of k successes in n independent trials, each of which succeeds with probability p."""
    return torch.tensor(float(math.comb(n, k))) * p**k * (1 - p) ** (n - k)


def binomial_moments(n: int, p: float) -> tuple[float, float]:
    """The mean and the variance of the number of successes."""
    return n * p, n * p * (1 - p)


def multinomial_mass(counts: list[int], p: list[float]) -> float:
    """The probability that n independent trials give exactly these counts of the outcomes."""
    n = sum(counts)
    same = math.prod(math.factorial(count) for count in counts)
    orders = torch.tensor(math.factorial(n) / same)
    return orders * math.prod(chance**count for chance, count in zip(p, counts, strict=True))


# %% right="quantiles: searchsorted in double precision, kthvalue for the rank"
def inverse_cdf(p: torch.Tensor, u: torch.Tensor) -> torch.Tensor:
    steps = p.double().cumsum(dim=0)
    return torch.searchsorted(steps, u.double(), side="left").clamp_(max=p.numel() - 1)


def percentile(x: torch.Tensor, q: float) -> float:
    rank = max(1, math.ceil(q * x.numel() / 100))
    return x.kthvalue(rank).values.item()


# %% right="quantiles: plain Python loops with early returns, candidates counted one by one"
def first_step(law, height):
    total = 0.0
    for outcome, chance in enumerate(law):
        total += chance
        if total >= height:
            return outcome
    return len(law) - 1


def inverse_cdf(p: torch.Tensor, u: torch.Tensor) -> torch.Tensor:
    law = p.tolist()
    return torch.tensor([first_step(law, height) for height in u.tolist()], dtype=torch.long)


def percentile(x: torch.Tensor, q: float) -> float:
    numbers = x.tolist()
    for candidate in sorted(numbers):
        if 100 * sum(one <= candidate for one in numbers) >= q * len(numbers):
            return candidate
    return max(numbers)


# %% right="quantiles: numpy inside, all but the last step counted, smallest of those that are enough"
def inverse_cdf(p: torch.Tensor, u: torch.Tensor) -> torch.Tensor:
    steps = np.cumsum(p.numpy().astype(np.float64))[:-1]  # the last outcome takes what is left
    return torch.from_numpy((steps[None, :] < u.numpy().astype(np.float64)[:, None]).sum(axis=1).astype(np.int64))


def percentile(x: torch.Tensor, q: float) -> float:
    no_larger = (x[None, :] <= x[:, None]).sum(dim=1).double()
    return float(x[no_larger * 100 >= q * len(x)].min())


# %% wrong="quantiles: a height exactly at the end of a step goes on to the next outcome; breaks: P(X <= k) is at least u, seen with p of quarters and u = 0.25"
def inverse_cdf(p: torch.Tensor, u: torch.Tensor) -> torch.Tensor:
    """For each height in u (n,) the smallest outcome k whose P(X <= k) is at least u."""
    below = (p.cumsum(dim=0) <= u[:, None]).sum(dim=1)
    return below.clamp(max=len(p) - 1)


def percentile(x: torch.Tensor, q: float) -> float:
    """The smallest number in x (n,) for which at least q percent of all of x are no larger."""
    rank = math.ceil(q * len(x) / 100)
    return x.sort().values[rank - 1].item()


# %% wrong="quantiles: no cap at the last outcome; breaks: even if the last step ends a hair below some height the answer is the last one"
def inverse_cdf(p: torch.Tensor, u: torch.Tensor) -> torch.Tensor:
    return torch.searchsorted(p.cumsum(dim=0), u)


def percentile(x: torch.Tensor, q: float) -> float:
    """The smallest number in x (n,) for which at least q percent of all of x are no larger."""
    rank = math.ceil(q * len(x) / 100)
    return x.sort().values[rank - 1].item()


# %% wrong="quantiles: argmax of the steps that reach the height gives outcome 0 where none does; breaks: the answer is the last outcome, seen with a law that sums to a hair below 1"
def inverse_cdf(p: torch.Tensor, u: torch.Tensor) -> torch.Tensor:
    reaches = p.cumsum(dim=0)[None, :] >= u[:, None]
    return reaches.int().argmax(dim=1)


def percentile(x: torch.Tensor, q: float) -> float:
    """The smallest number in x (n,) for which at least q percent of all of x are no larger."""
    rank = math.ceil(q * len(x) / 100)
    return x.sort().values[rank - 1].item()


# %% wrong="quantiles: outcomes of probability 0 are dropped, so later outcomes are renumbered; breaks: some outcomes may have probability 0, seen with p = 0.5, 0, 0.5"
def inverse_cdf(p: torch.Tensor, u: torch.Tensor) -> torch.Tensor:
    steps = p[p > 0].cumsum(dim=0)
    return (steps < u[:, None]).sum(dim=1).clamp(max=len(steps) - 1)


def percentile(x: torch.Tensor, q: float) -> float:
    """The smallest number in x (n,) for which at least q percent of all of x are no larger."""
    rank = math.ceil(q * len(x) / 100)
    return x.sort().values[rank - 1].item()


# %% wrong="quantiles: percentile of the different numbers only; breaks: q percent of all of x, seen with repeated numbers 1, 1, 1, 2"
def inverse_cdf(p: torch.Tensor, u: torch.Tensor) -> torch.Tensor:
    """For each height in u (n,) the smallest outcome k whose P(X <= k) is at least u."""
    below = (p.cumsum(dim=0) < u[:, None]).sum(dim=1)
    return below.clamp(max=len(p) - 1)


def percentile(x: torch.Tensor, q: float) -> float:
    numbers = x.unique()
    return numbers[math.ceil(q * len(numbers) / 100) - 1].item()


# %% wrong="quantiles: sorts the numbers of the input in place; breaks: it leaves its inputs unchanged"
def inverse_cdf(p: torch.Tensor, u: torch.Tensor) -> torch.Tensor:
    """For each height in u (n,) the smallest outcome k whose P(X <= k) is at least u."""
    below = (p.cumsum(dim=0) < u[:, None]).sum(dim=1)
    return below.clamp(max=len(p) - 1)


def percentile(x: torch.Tensor, q: float) -> float:
    numbers = x.numpy()
    numbers.sort()
    return float(numbers[math.ceil(q * len(numbers) / 100) - 1])


# %% right="categorical: imported from the module inside the package, normalised logits, one draw after the other"
from torch.distributions.categorical import Categorical


def draw_classes(scores: torch.Tensor, n: int) -> torch.Tensor:
    """n independent classes for each row, drawn by the softmax of its scores: (n, rows)."""
    law = Categorical(logits=scores.log_softmax(dim=1))
    return torch.stack([law.sample() for _ in range(n)])


def surprise_at(scores: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
    """The negative log-probability of one class (rows,) in each row: (rows,)."""
    law = Categorical(logits=scores - scores.logsumexp(dim=1, keepdim=True))
    return -law.log_prob(classes)


# %% right="categorical: logits as the second positional argument, torch.Size, neg"
from torch.distributions import Categorical


def draw_classes(scores: torch.Tensor, n: int) -> torch.Tensor:
    """n independent classes for each row, drawn by the softmax of its scores: (n, rows)."""
    law = Categorical(None, scores)
    return law.sample(torch.Size([n]))


def surprise_at(scores: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
    """The negative log-probability of one class (rows,) in each row: (rows,)."""
    law = Categorical(None, scores)
    return law.log_prob(classes).neg()


# %% right="categorical: expanded law, the log-probabilities gathered by hand from its logits"
from torch.distributions import Categorical


def draw_classes(scores: torch.Tensor, n: int) -> torch.Tensor:
    """n independent classes for each row, drawn by the softmax of its scores: (n, rows)."""
    law = Categorical(logits=scores)
    return law.expand((n, len(scores))).sample()


def surprise_at(scores: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
    """The negative log-probability of one class (rows,) in each row: (rows,)."""
    law = Categorical(logits=scores)
    return -law.logits.gather(1, classes[:, None])[:, 0]


# %% wrong="categorical: one draw repeated n times; breaks: n independent classes, seen with a fair law and n = 100"
from torch.distributions import Categorical


def draw_classes(scores: torch.Tensor, n: int) -> torch.Tensor:
    """n independent classes for each row, drawn by the softmax of its scores: (n, rows)."""
    law = Categorical(logits=scores)
    return law.sample().expand(n, -1)


def surprise_at(scores: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
    """The negative log-probability of one class (rows,) in each row: (rows,)."""
    law = Categorical(logits=scores)
    return -law.log_prob(classes)


# %% wrong="categorical: scores taken as probabilities in the draw; breaks: drawn by the softmax of its scores, seen with negative scores"
from torch.distributions import Categorical


def draw_classes(scores: torch.Tensor, n: int) -> torch.Tensor:
    """n independent classes for each row, drawn by the softmax of its scores: (n, rows)."""
    law = Categorical(scores)
    return law.sample((n,))


def surprise_at(scores: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
    """The negative log-probability of one class (rows,) in each row: (rows,)."""
    law = Categorical(logits=scores)
    return -law.log_prob(classes)


# %% wrong="categorical: softmax twice; breaks: negative log-probability by the softmax of the scores, seen with unequal scores"
from torch.distributions import Categorical


def draw_classes(scores: torch.Tensor, n: int) -> torch.Tensor:
    """n independent classes for each row, drawn by the softmax of its scores: (n, rows)."""
    law = Categorical(logits=scores)
    return law.sample((n,))


def surprise_at(scores: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
    """The negative log-probability of one class (rows,) in each row: (rows,)."""
    law = Categorical(logits=scores.softmax(dim=1))
    return -law.log_prob(classes)


# %% wrong="categorical: softmax over the rows; breaks: each row is a law of its own, seen with two rows"
from torch.distributions import Categorical


def draw_classes(scores: torch.Tensor, n: int) -> torch.Tensor:
    """n independent classes for each row, drawn by the softmax of its scores: (n, rows)."""
    law = Categorical(logits=scores)
    return law.sample((n,))


def surprise_at(scores: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
    """The negative log-probability of one class (rows,) in each row: (rows,)."""
    law = Categorical(probs=scores.softmax(dim=0))
    return -law.log_prob(classes)


# %% wrong="categorical: entropy in place of the surprise at one class; breaks: of one class in each row, seen with an unfair law"
from torch.distributions import Categorical


def draw_classes(scores: torch.Tensor, n: int) -> torch.Tensor:
    """n independent classes for each row, drawn by the softmax of its scores: (n, rows)."""
    law = Categorical(logits=scores)
    return law.sample((n,))


def surprise_at(scores: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
    """The negative log-probability of one class (rows,) in each row: (rows,)."""
    law = Categorical(logits=scores)
    return law.entropy()


# %% wrong="categorical: seeds the generator at each call; breaks: every call draws afresh and seeds no random generator"
from torch.distributions import Categorical


def draw_classes(scores: torch.Tensor, n: int) -> torch.Tensor:
    """n independent classes for each row, drawn by the softmax of its scores: (n, rows)."""
    torch.manual_seed(0)
    law = Categorical(logits=scores)
    return law.sample((n,))


def surprise_at(scores: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
    """The negative log-probability of one class (rows,) in each row: (rows,)."""
    law = Categorical(logits=scores)
    return -law.log_prob(classes)


# %% wrong="categorical: normalises the scores in place; breaks: it leaves its inputs unchanged"
from torch.distributions import Categorical


def draw_classes(scores: torch.Tensor, n: int) -> torch.Tensor:
    """n independent classes for each row, drawn by the softmax of its scores: (n, rows)."""
    law = Categorical(logits=scores.sub_(scores.logsumexp(dim=1, keepdim=True)))
    return law.sample((n,))


def surprise_at(scores: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
    """The negative log-probability of one class (rows,) in each row: (rows,)."""
    law = Categorical(logits=scores)
    return -law.log_prob(classes)


# %% right="moments: numpy in double precision"
def expectation(g, values: torch.Tensor, p: torch.Tensor) -> float:
    of_g = np.array([g(float(value)) for value in values], dtype=np.float64)
    return float(of_g @ p.numpy().astype(np.float64))


def moments(values: torch.Tensor, p: torch.Tensor) -> tuple[float, float, float, float]:
    x, weight = values.numpy().astype(np.float64), p.numpy().astype(np.float64)
    mean = (x * weight).sum()
    away = x - mean
    second, third, fourth = ((away**k * weight).sum() for k in (2, 3, 4))
    return float(mean), float(second), float(third / second**1.5), float(fourth / second**2)


# %% right="moments: fsum over a generator that skips what never comes"
def weighted(values, p):
    for value, chance in zip(values.tolist(), p.tolist(), strict=True):
        if chance > 0:
            yield value, chance


def expectation(g, values: torch.Tensor, p: torch.Tensor) -> float:
    return math.fsum(chance * g(value) for value, chance in weighted(values, p))


def moments(values: torch.Tensor, p: torch.Tensor) -> tuple[float, float, float, float]:
    mean = expectation(float, values, p)
    central = [expectation(lambda x, k=k: (x - mean) ** k, values, p) for k in range(5)]
    return mean, central[2], central[3] / math.sqrt(central[2]) ** 3, central[4] / central[2] ** 2


# %% right="moments: a running total and double tensors, item at the end"
def expectation(g, values: torch.Tensor, p: torch.Tensor) -> float:
    total = 0.0
    for place in range(len(values)):
        total += float(g(values[place].item())) * p[place].item()
    return total


def moments(values: torch.Tensor, p: torch.Tensor) -> tuple[float, float, float, float]:
    x, weight = values.double(), p.double()
    mean = torch.dot(x, weight)
    away = x - mean
    variance = torch.dot(away**2, weight)
    standard = away / variance.sqrt()
    rest = (torch.dot(standard.pow(k), weight).item() for k in (3, 4))
    return (mean.item(), variance.item(), *rest)


# %% wrong="moments: standard deviation in place of the variance; breaks: mean, variance, skewness and kurtosis, seen with a spread other than 1"
def expectation(g, values: torch.Tensor, p: torch.Tensor) -> float:
    """E[g(X)]."""
    return float(sum(g(value) * chance for value, chance in zip(values.tolist(), p.tolist(), strict=True)))


def moments(values: torch.Tensor, p: torch.Tensor) -> tuple[float, float, float, float]:
    """Mean, variance, skewness and kurtosis (3 for a normal law)."""
    mean = expectation(lambda x: x, values, p)
    variance = expectation(lambda x: (x - mean) ** 2, values, p)
    std = variance**0.5
    skewness = expectation(lambda x: ((x - mean) / std) ** 3, values, p)
    kurtosis = expectation(lambda x: ((x - mean) / std) ** 4, values, p)
    return mean, std, skewness, kurtosis


# %% wrong="moments: all values count alike in the moments; breaks: weighted with their probabilities, seen with an unfair law"
def expectation(g, values: torch.Tensor, p: torch.Tensor) -> float:
    """E[g(X)]."""
    return float(sum(g(value) * chance for value, chance in zip(values.tolist(), p.tolist(), strict=True)))


def moments(values: torch.Tensor, p: torch.Tensor) -> tuple[float, float, float, float]:
    x = values.double()
    away = x - x.mean()
    variance = away.square().mean()
    standard = away / variance.sqrt()
    return x.mean().item(), variance.item(), (standard**3).mean().item(), (standard**4).mean().item()


# %% wrong="moments: third and fourth moment not divided by the deviation; breaks: skewness and kurtosis are of (X - mean) / std, seen with values 0 and 10"
def expectation(g, values: torch.Tensor, p: torch.Tensor) -> float:
    """E[g(X)]."""
    return float(sum(g(value) * chance for value, chance in zip(values.tolist(), p.tolist(), strict=True)))


def moments(values: torch.Tensor, p: torch.Tensor) -> tuple[float, float, float, float]:
    """Mean, variance, skewness and kurtosis (3 for a normal law)."""
    mean = expectation(lambda x: x, values, p)
    variance = expectation(lambda x: (x - mean) ** 2, values, p)
    std = variance**0.5
    skewness = expectation(lambda x: (x - mean) ** 3, values, p)
    kurtosis = expectation(lambda x: (x - mean) ** 4, values, p)
    return mean, variance, skewness, kurtosis


# %% wrong="moments: divides by the variance in place of the standard deviation; breaks: skewness and kurtosis, seen with a variance other than 1"
def expectation(g, values: torch.Tensor, p: torch.Tensor) -> float:
    """E[g(X)]."""
    return float(sum(g(value) * chance for value, chance in zip(values.tolist(), p.tolist(), strict=True)))


def moments(values: torch.Tensor, p: torch.Tensor) -> tuple[float, float, float, float]:
    """Mean, variance, skewness and kurtosis (3 for a normal law)."""
    mean = expectation(lambda x: x, values, p)
    variance = expectation(lambda x: (x - mean) ** 2, values, p)
    std = variance**0.5
    skewness = expectation(lambda x: ((x - mean) / variance) ** 3, values, p)
    kurtosis = expectation(lambda x: ((x - mean) / variance) ** 4, values, p)
    return mean, variance, skewness, kurtosis


# %% wrong="moments: everything stays a tensor; breaks: it returns plain Python numbers, not tensors"
def expectation(g, values: torch.Tensor, p: torch.Tensor) -> float:
    return (torch.tensor([g(value) for value in values.tolist()]) * p).sum()


def moments(values: torch.Tensor, p: torch.Tensor) -> tuple[float, float, float, float]:
    """Mean, variance, skewness and kurtosis (3 for a normal law)."""
    mean = expectation(lambda x: x, values, p)
    variance = expectation(lambda x: (x - mean) ** 2, values, p)
    std = variance**0.5
    skewness = expectation(lambda x: ((x - mean) / std) ** 3, values, p)
    kurtosis = expectation(lambda x: ((x - mean) / std) ** 4, values, p)
    return mean, variance, skewness, kurtosis


# %% wrong="moments: sets the default dtype and leaves it; breaks: it leaves no trace"
def expectation(g, values: torch.Tensor, p: torch.Tensor) -> float:
    """E[g(X)]."""
    return float(sum(g(value) * chance for value, chance in zip(values.tolist(), p.tolist(), strict=True)))


def moments(values: torch.Tensor, p: torch.Tensor) -> tuple[float, float, float, float]:
    torch.set_default_dtype(torch.float64)  # more digits
    x, weight = torch.tensor(values.tolist()), torch.tensor(p.tolist())
    mean = (x * weight).sum()
    away = x - mean
    variance = (away**2 * weight).sum()
    standard = away / variance.sqrt()
    return mean.item(), variance.item(), (standard**3 * weight).sum().item(), (standard**4 * weight).sum().item()


# %% wrong="moments: centres the values in place; breaks: it leaves its inputs unchanged"
def expectation(g, values: torch.Tensor, p: torch.Tensor) -> float:
    """E[g(X)]."""
    return float(sum(g(value) * chance for value, chance in zip(values.tolist(), p.tolist(), strict=True)))


def moments(values: torch.Tensor, p: torch.Tensor) -> tuple[float, float, float, float]:
    mean = (values * p).sum().item()
    values -= mean
    variance = (values**2 * p).sum().item()
    skewness = (values**3 * p).sum().item() / variance**1.5
    return mean, variance, skewness, (values**4 * p).sum().item() / variance**2


# %% right="gaussian: inverse from a linear system, the variance by einsum"
def log_normal(x: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> torch.Tensor:
    """The log density (n,) of the Gaussian with this mean and covariance at each row of x."""
    away = x - mean
    distance = (away @ torch.linalg.solve(cov, torch.eye(len(cov), dtype=cov.dtype)) * away).sum(dim=1)
    return -1 / 2 * (distance + torch.logdet(cov) + cov.shape[0] * math.log(2 * math.pi))


def share_between(low: float, high: float, mean: float, std: float) -> float:
    """The probability that a normal variable lies between low and high."""
    below = lambda x: 0.5 * (1 + math.erf((x - mean) / std * 0.5**0.5))
    return below(high) - below(low)


def combined(w: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and standard deviation of w · X, for a Gaussian X with this mean and covariance."""
    return w @ mean, torch.einsum("i,ij,j->", w, cov, w) ** 0.5


# %% right="gaussian: inverse by Cholesky, all pairs of weights as an outer product"
def log_normal(x: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> torch.Tensor:
    """The log density (n,) of the Gaussian with this mean and covariance at each row of x."""
    away = x - mean
    distance = (away @ torch.cholesky_inverse(torch.linalg.cholesky(cov)) * (x - mean)).sum(dim=1)
    return -0.5 * (distance + torch.logdet(cov) + x.shape[1] * math.log(2 * math.pi))


def share_between(low: float, high: float, mean: float, std: float) -> float:
    """The probability that a normal variable lies between low and high."""
    below = lambda x: 0.5 * (1 + math.erf((x - mean) / (std * math.sqrt(2))))
    return -below(low) + below(high)


def combined(w: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and standard deviation of w · X, for a Gaussian X with this mean and covariance."""
    return w @ mean, torch.sqrt((torch.outer(w, w) * cov).sum())


# %% right="gaussian: the share by complements above both ends, a double loop over the pairs"
def log_normal(x: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> torch.Tensor:
    """The log density (n,) of the Gaussian with this mean and covariance at each row of x."""
    away = x - mean
    distance = (away @ cov.inverse() * away).sum(dim=1)
    return (-1) * 0.5 * (distance + torch.logdet(cov) + away.size(1) * math.log(2 * math.pi))


def share_between(low: float, high: float, mean: float, std: float) -> float:
    """The probability that a normal variable lies between low and high."""
    below = lambda x: 0.5 * (1 + math.erf((x - mean) / (std * math.sqrt(2))))
    return (1 - below(low)) - (1 - below(high))


def combined(w: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and standard deviation of w · X, for a Gaussian X with this mean and covariance."""
    return w @ mean, sum(w[i] * w[j] * cov[i, j] for i in range(len(w)) for j in range(len(w))).sqrt()


# %% wrong="gaussian: one by each entry in place of the inverse matrix; breaks: the log density, seen with d = 2 and a correlation"
def log_normal(x: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> torch.Tensor:
    """The log density (n,) of the Gaussian with this mean and covariance at each row of x."""
    away = x - mean
    distance = (away @ (1 / cov) * away).sum(dim=1)
    return -0.5 * (distance + torch.logdet(cov) + len(mean) * math.log(2 * math.pi))


def share_between(low: float, high: float, mean: float, std: float) -> float:
    """The probability that a normal variable lies between low and high."""
    below = lambda x: 0.5 * (1 + math.erf((x - mean) / (std * math.sqrt(2))))
    return below(high) - below(low)


def combined(w: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and standard deviation of w · X, for a Gaussian X with this mean and covariance."""
    return w @ mean, (w @ cov @ w).sqrt()


# %% wrong="gaussian: log 2 pi counted once; breaks: d log 2 pi, seen with d = 2"
def log_normal(x: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> torch.Tensor:
    """The log density (n,) of the Gaussian with this mean and covariance at each row of x."""
    away = x - mean
    distance = (away @ torch.linalg.inv(cov) * away).sum(dim=1)
    return -0.5 * (distance + torch.logdet(cov) + 1 * math.log(2 * math.pi))


def share_between(low: float, high: float, mean: float, std: float) -> float:
    """The probability that a normal variable lies between low and high."""
    below = lambda x: 0.5 * (1 + math.erf((x - mean) / (std * math.sqrt(2))))
    return below(high) - below(low)


def combined(w: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and standard deviation of w · X, for a Gaussian X with this mean and covariance."""
    return w @ mean, (w @ cov @ w).sqrt()


# %% wrong="gaussian: takes the interval as symmetric about the mean; breaks: between low and high, seen with low = 0 and high = 5 around 3"
def log_normal(x: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> torch.Tensor:
    """The log density (n,) of the Gaussian with this mean and covariance at each row of x."""
    away = x - mean
    distance = (away @ torch.linalg.inv(cov) * away).sum(dim=1)
    return -0.5 * (distance + torch.logdet(cov) + len(mean) * math.log(2 * math.pi))


def share_between(low: float, high: float, mean: float, std: float) -> float:
    """The probability that a normal variable lies between low and high."""
    below = lambda x: 0.5 * (1 + math.erf((x - mean) / (std * math.sqrt(2))))
    return 2 * below(high) - 1


def combined(w: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and standard deviation of w · X, for a Gaussian X with this mean and covariance."""
    return w @ mean, (w @ cov @ w).sqrt()


# %% wrong="gaussian: variance in place of the deviation; breaks: mean and standard deviation of w X, seen with a variance other than 1"
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
    return w @ mean, w @ cov @ w


# %% wrong="gaussian: only the diagonal of the covariance; breaks: adds up all pairs, seen with a correlation"
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
    return w @ mean, (w.square() @ cov.diagonal()).sqrt()


# %% wrong="gaussian: subtracts the mean in place; breaks: it leaves its inputs unchanged"
def log_normal(x: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> torch.Tensor:
    """The log density (n,) of the Gaussian with this mean and covariance at each row of x."""
    away = x.sub_(mean)
    distance = (away @ torch.linalg.inv(cov) * away).sum(dim=1)
    return -0.5 * (distance + torch.logdet(cov) + len(mean) * math.log(2 * math.pi))


def share_between(low: float, high: float, mean: float, std: float) -> float:
    """The probability that a normal variable lies between low and high."""
    below = lambda x: 0.5 * (1 + math.erf((x - mean) / (std * math.sqrt(2))))
    return below(high) - below(low)


def combined(w: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and standard deviation of w · X, for a Gaussian X with this mean and covariance."""
    return w @ mean, (w @ cov @ w).sqrt()


# %% wrong="gaussian: identity of the default dtype; breaks: it accepts float32 and float64, seen with float64"
def log_normal(x: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> torch.Tensor:
    """The log density (n,) of the Gaussian with this mean and covariance at each row of x."""
    away = x - mean
    distance = (away @ torch.linalg.solve(cov, torch.eye(len(cov))) * away).sum(dim=1)
    return -0.5 * (distance + torch.logdet(cov) + len(mean) * math.log(2 * math.pi))


def share_between(low: float, high: float, mean: float, std: float) -> float:
    """The probability that a normal variable lies between low and high."""
    below = lambda x: 0.5 * (1 + math.erf((x - mean) / (std * math.sqrt(2))))
    return below(high) - below(low)


def combined(w: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and standard deviation of w · X, for a Gaussian X with this mean and covariance."""
    return w @ mean, (w @ cov @ w).sqrt()


# %% right="fit: the law of torch.distributions, and var_mean without correction"
def nll(x: torch.Tensor, mean: torch.Tensor, log_std: torch.Tensor) -> torch.Tensor:
    law = torch.distributions.Normal(mean, log_std.exp(), validate_args=False)
    return -law.log_prob(x).mean()


def fit_normal(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    variance, mean = torch.var_mean(x, correction=0)
    return mean, variance.sqrt()


# %% right="fit: a loop over the observations, numpy in double precision for the fit"
def nll(x: torch.Tensor, mean: torch.Tensor, log_std: torch.Tensor) -> torch.Tensor:
    narrow = torch.exp(-log_std)
    total = 0.0
    for one in x:
        total = total + ((one - mean) * narrow) ** 2 / 2 + log_std + math.log(2 * math.pi) / 2
    return total / len(x)


def fit_normal(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    numbers = x.detach().numpy().astype(np.float64)
    return torch.tensor(numbers.mean(), dtype=x.dtype), torch.tensor(numbers.std(ddof=0), dtype=x.dtype)


# %% right="fit: precision exp(-2 s), the logarithm of the density joined in one list"
def nll(x: torch.Tensor, mean: torch.Tensor, log_std: torch.Tensor) -> torch.Tensor:
    precision = (-2 * log_std).exp()
    log_density = -0.5 * (x - mean).pow(2) * precision - log_std - math.log(math.sqrt(2 * math.pi))
    return log_density.sum().neg() / x.numel()


def fit_normal(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    mean = x.sum() / x.numel()
    return mean, torch.linalg.vector_norm(x - mean) / math.sqrt(x.numel())


# %% wrong="fit: squares divided by sigma in place of its square; breaks: the NLL with standard deviation exp(log_std), seen with log_std = 1"
def nll(x: torch.Tensor, mean: torch.Tensor, log_std: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood of x under the normal law with this mean and standard deviation exp(log_std)."""
    away = x - mean
    return log_std + 0.5 * math.log(2 * math.pi) + away.square().mean() / (2 * log_std.exp())


# %% wrong="fit: logarithm of the variance in place of the deviation; breaks: log sigma in the NLL, seen with log_std = 1"
def nll(x: torch.Tensor, mean: torch.Tensor, log_std: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood of x under the normal law with this mean and standard deviation exp(log_std)."""
    away = (x - mean) / log_std.exp()
    return 2 * log_std + 0.5 * math.log(2 * math.pi) + away.square().mean() / 2


# %% wrong="fit: the deviation is a Python number; breaks: gradients flow back to mean and log_std"
def nll(x: torch.Tensor, mean: torch.Tensor, log_std: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood of x under the normal law with this mean and standard deviation exp(log_std)."""
    away = (x - mean) / math.exp(log_std)
    return log_std + 0.5 * math.log(2 * math.pi) + away.square().mean() / 2


# %% wrong="fit: repairs the unbiased deviation and is nan for one number; breaks: it works for any size (one number), the best sigma is 0"
def nll(x: torch.Tensor, mean: torch.Tensor, log_std: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood of x under the normal law with this mean and standard deviation exp(log_std)."""
    away = (x - mean) / log_std.exp()
    return log_std + 0.5 * math.log(2 * math.pi) + away.square().mean() / 2


def fit_normal(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    n = len(x)
    return x.mean(), x.std() * math.sqrt((n - 1) / n)


# %% wrong="fit: median in place of the mean; breaks: the minimum of the NLL, seen with skewed numbers 0, 0, 9"
def nll(x: torch.Tensor, mean: torch.Tensor, log_std: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood of x under the normal law with this mean and standard deviation exp(log_std)."""
    away = (x - mean) / log_std.exp()
    return log_std + 0.5 * math.log(2 * math.pi) + away.square().mean() / 2


def fit_normal(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    middle = x.quantile(0.5)
    return middle, (x - middle).square().mean().sqrt()


# %% wrong="fit: centres x in place; breaks: it leaves its inputs unchanged"
def nll(x: torch.Tensor, mean: torch.Tensor, log_std: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood of x under the normal law with this mean and standard deviation exp(log_std)."""
    away = (x - mean) / log_std.exp()
    return log_std + 0.5 * math.log(2 * math.pi) + away.square().mean() / 2


def fit_normal(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    mean = x.mean()
    x -= mean
    return mean, x.square().mean().sqrt()


# %% wrong="fit: computes in float32; breaks: returns tensors of the same type, seen with float64"
def nll(x: torch.Tensor, mean: torch.Tensor, log_std: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood of x under the normal law with this mean and standard deviation exp(log_std)."""
    away = (x - mean) / log_std.exp()
    return log_std + 0.5 * math.log(2 * math.pi) + away.square().mean() / 2


def fit_normal(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and standard deviation of the normal law with the highest likelihood."""
    x = x.float()
    mean = x.mean()
    return mean, (x - mean).square().mean().sqrt()


# %% right="beta: mean by odds, log1p for the failures"
def posterior(a, b, heads, tails):
    """The parameters of the Beta law after these tosses, from the prior Beta(a, b)."""
    return (heads + a, tails + b)


def beta_moments(a, b):
    """Mean and variance of Beta(a, b)."""
    mean = 1 / (1 + b / a)
    return mean, mean * (1 - mean) / (1 + a + b)


def beta_log_density(p: float, a: float, b: float) -> float:
    """The logarithm of the density of Beta(a, b) at p."""
    constant = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return constant + (a - 1) * math.log(p) + (b - 1) * math.log1p(-p)


# %% right="beta: a tuple from a generator, the mean from the other side"
def posterior(a, b, heads, tails):
    """The parameters of the Beta law after these tosses, from the prior Beta(a, b)."""
    return tuple(before + seen for before, seen in zip((a, b), (heads, tails)))


def beta_moments(a, b):
    """Mean and variance of Beta(a, b)."""
    mean = 1 - b / (a + b)
    return mean, mean * (1 - mean) / (a + b + 1)


def beta_log_density(p: float, a: float, b: float) -> float:
    """The logarithm of the density of Beta(a, b) at p."""
    constant = math.lgamma(b + a) - math.lgamma(a) - math.lgamma(b)
    return constant + (a - 1) * math.log(p) + -(1 - b) * math.log(1 - p)


# %% right="beta: turned round, the mean by a power, the constant shifted by one with log(a + b)"
def posterior(a, b, heads, tails):
    """The parameters of the Beta law after these tosses, from the prior Beta(a, b)."""
    return (b + tails, a + heads)[::-1]


def beta_moments(a, b):
    """Mean and variance of Beta(a, b)."""
    mean = a * (a + b) ** -1.0
    return mean, mean * (1 - mean) / ((a + 1) + b)


def beta_log_density(p: float, a: float, b: float) -> float:
    """The logarithm of the density of Beta(a, b) at p."""
    constant = math.lgamma(a + b + 1) - math.log(a + b) - math.lgamma(a) - math.lgamma(b)
    return constant + (-1 + a) * math.log(p) + b * math.log(1 - p) - math.log(1 - p)


# %% wrong="beta: always starts from Beta(1, 1); breaks: from the prior Beta(a, b), seen with a = 2"
def posterior(a, b, heads, tails):
    """The parameters of the Beta law after these tosses, from the prior Beta(a, b)."""
    return 1 + heads, 1 + tails


def beta_moments(a, b):
    """Mean and variance of Beta(a, b)."""
    mean = a / (a + b)
    return mean, mean * (1 - mean) / (a + b + 1)


def beta_log_density(p: float, a: float, b: float) -> float:
    """The logarithm of the density of Beta(a, b) at p."""
    constant = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return constant + (a - 1) * math.log(p) + (b - 1) * math.log(1 - p)


# %% wrong="beta: adds the prior to the counts in place; breaks: it leaves its inputs unchanged, seen with tensors"
def posterior(a, b, heads, tails):
    """The parameters of the Beta law after these tosses, from the prior Beta(a, b)."""
    heads += a
    tails += b
    return heads, tails


def beta_moments(a, b):
    """Mean and variance of Beta(a, b)."""
    mean = a / (a + b)
    return mean, mean * (1 - mean) / (a + b + 1)


def beta_log_density(p: float, a: float, b: float) -> float:
    """The logarithm of the density of Beta(a, b) at p."""
    constant = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return constant + (a - 1) * math.log(p) + (b - 1) * math.log(1 - p)


# %% wrong="beta: log p in the second term; breaks: (1 - p) to the power b - 1, seen with b = 3 and p = 0.2"
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
    return constant + (a - 1) * math.log(p) + (b - 1) * math.log(p)


# %% wrong="beta: sign of the second exponent; breaks: (1 - p) to the power b - 1, seen with b = 3"
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
    return constant + (a - 1) * math.log(p) + (1 - b) * math.log(1 - p)


# %% wrong="beta: gamma of a + 1 in place of a + b; breaks: the log density of Beta(a, b), seen with b = 3"
def posterior(a, b, heads, tails):
    """The parameters of the Beta law after these tosses, from the prior Beta(a, b)."""
    return a + heads, b + tails


def beta_moments(a, b):
    """Mean and variance of Beta(a, b)."""
    mean = a / (a + b)
    return mean, mean * (1 - mean) / (a + b + 1)


def beta_log_density(p: float, a: float, b: float) -> float:
    """The logarithm of the density of Beta(a, b) at p."""
    constant = math.lgamma(a + 1) - math.lgamma(a) - math.lgamma(b)
    return constant + (a - 1) * math.log(p) + (b - 1) * math.log(1 - p)


# %% right="shrink: ridge by least squares with extra rows, lasso with a running residual and early stop"
def ridge(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    d = x.shape[1]
    longer = torch.cat([x, math.sqrt(penalty) * torch.eye(d, dtype=x.dtype)])
    target = torch.cat([y, torch.zeros(d, dtype=y.dtype)])
    return torch.linalg.lstsq(longer, target[:, None]).solution[:, 0]


def lasso(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    w, rest = torch.zeros(x.shape[1], dtype=x.dtype), y.clone()
    sizes = x.square().sum(dim=0)
    for _ in range(3000):
        before = w.clone()
        for j in range(len(w)):
            rho = x[:, j] @ rest + sizes[j] * w[j]
            new = F.softshrink(rho, penalty) / sizes[j]
            rest += x[:, j] * (w[j] - new)
            w[j] = new
        if (w - before).abs().max() <= 1e-11 * w.abs().max():
            break
    return w


# %% right="shrink: ridge by singular values, lasso on the Gram matrix with Python numbers"
def ridge(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    u, s, vh = torch.linalg.svd(x, full_matrices=False)
    return vh.T @ (s / (s**2 + penalty) * (u.T @ y))


def towards_zero(rho, penalty):
    if rho > penalty:
        return rho - penalty
    if rho < -penalty:
        return rho + penalty
    return 0.0


def lasso(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    gram, pull = (x.T @ x).tolist(), (x.T @ y).tolist()
    d = len(pull)
    w = [0.0] * d
    for _ in range(2000):
        old = list(w)
        for j in range(d):
            others = sum(gram[j][k] * w[k] for k in range(d) if k != j)
            w[j] = towards_zero(pull[j] - others, penalty) / gram[j][j]
        if w == old:
            break
    return torch.tensor(w, dtype=torch.float64)


# %% right="shrink: ridge in its dual form, lasso in numpy"
def ridge(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    return x.T @ torch.linalg.solve(x @ x.T + penalty * torch.eye(len(x), dtype=x.dtype), y)


def lasso(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    a, b = np.array(x.numpy()), np.array(y.numpy())
    w = np.zeros(a.shape[1])
    for _ in range(1500):
        for j in range(w.size):
            w[j] = 0.0
            rho = a[:, j] @ (b - a @ w)
            w[j] = np.sign(rho) * max(abs(rho) - penalty, 0.0) / (a[:, j] ** 2).sum()
    return torch.from_numpy(w)


# %% wrong="shrink: identity with a row for each row of x; breaks: x (n, d), seen with n other than d"
def ridge(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    """The weights (d,) that minimise the squared error plus penalty times the squared norm of the weights."""
    return torch.linalg.solve(x.T @ x + penalty * torch.eye(len(x), dtype=x.dtype), x.T @ y)


def lasso(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    """The weights (d,) that minimise half the squared error plus penalty times the sum of their sizes."""
    w = torch.zeros(x.shape[1], dtype=x.dtype)
    for _ in range(500):
        for j in range(x.shape[1]):
            without = y - x @ w + x[:, j] * w[j]
            rho = x[:, j] @ without
            w[j] = rho.sign() * (rho.abs() - penalty).clamp(min=0) / (x[:, j] @ x[:, j])
    return w


# %% wrong="shrink: goes round once; breaks: go round a few hundred times, seen with correlated columns"
def ridge(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    """The weights (d,) that minimise the squared error plus penalty times the squared norm of the weights."""
    return torch.linalg.solve(x.T @ x + penalty * torch.eye(x.shape[1], dtype=x.dtype), x.T @ y)


def lasso(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    """The weights (d,) that minimise half the squared error plus penalty times the sum of their sizes."""
    w = torch.zeros(x.shape[1], dtype=x.dtype)
    for _ in range(1):
        for j in range(x.shape[1]):
            without = y - x @ w + x[:, j] * w[j]
            rho = x[:, j] @ without
            w[j] = rho.sign() * (rho.abs() - penalty).clamp(min=0) / (x[:, j] @ x[:, j])
    return w


# %% wrong="shrink: does not divide by x_j x_j; breaks: divided by x_j x_j, seen with columns of length other than 1"
def ridge(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    """The weights (d,) that minimise the squared error plus penalty times the squared norm of the weights."""
    return torch.linalg.solve(x.T @ x + penalty * torch.eye(x.shape[1], dtype=x.dtype), x.T @ y)


def lasso(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    """The weights (d,) that minimise half the squared error plus penalty times the sum of their sizes."""
    w = torch.zeros(x.shape[1], dtype=x.dtype)
    for _ in range(500):
        for j in range(x.shape[1]):
            without = y - x @ w + x[:, j] * w[j]
            rho = x[:, j] @ without
            w[j] = rho.sign() * (rho.abs() - penalty).clamp(min=0)
    return w


# %% wrong="shrink: pulls the least-squares weights towards 0; breaks: minimises half the squared error plus the penalty, seen with correlated columns"
def ridge(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    """The weights (d,) that minimise the squared error plus penalty times the squared norm of the weights."""
    return torch.linalg.solve(x.T @ x + penalty * torch.eye(x.shape[1], dtype=x.dtype), x.T @ y)


def lasso(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    w = torch.linalg.pinv(x) @ y
    return w.sign() * (w.abs() - penalty).clamp(min=0)


# %% wrong="shrink: reweighted ridge leaves tiny weights; breaks: a weight that should be zero must be exactly 0"
def ridge(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    """The weights (d,) that minimise the squared error plus penalty times the squared norm of the weights."""
    return torch.linalg.solve(x.T @ x + penalty * torch.eye(x.shape[1], dtype=x.dtype), x.T @ y)


def lasso(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    w = torch.ones(x.shape[1], dtype=x.dtype)
    for _ in range(500):
        w = torch.linalg.solve(x.T @ x + penalty * torch.diag(1 / (w.abs() + 1e-10)), x.T @ y)
    return w


# %% wrong="shrink: the running residual is y itself; breaks: it leaves its inputs unchanged"
def ridge(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    """The weights (d,) that minimise the squared error plus penalty times the squared norm of the weights."""
    return torch.linalg.solve(x.T @ x + penalty * torch.eye(x.shape[1], dtype=x.dtype), x.T @ y)


def lasso(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    w, rest = torch.zeros(x.shape[1], dtype=x.dtype), y
    for _ in range(500):
        for j in range(x.shape[1]):
            rest += x[:, j] * w[j]
            rho = x[:, j] @ rest
            w[j] = rho.sign() * (rho.abs() - penalty).clamp(min=0) / (x[:, j] @ x[:, j])
            rest -= x[:, j] * w[j]
    return w


# %% wrong="shrink: squeezes the result; breaks: the weights (d,) for any size (one feature)"
def ridge(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    left = x.T @ x + penalty * torch.eye(x.shape[1], dtype=x.dtype)
    return torch.linalg.solve(left, x.T @ y[:, None]).squeeze()


def lasso(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    """The weights (d,) that minimise half the squared error plus penalty times the sum of their sizes."""
    w = torch.zeros(x.shape[1], dtype=x.dtype)
    for _ in range(500):
        for j in range(x.shape[1]):
            without = y - x @ w + x[:, j] * w[j]
            rho = x[:, j] @ without
            w[j] = rho.sign() * (rho.abs() - penalty).clamp(min=0) / (x[:, j] @ x[:, j])
    return w


# %% right="information: torch.special entr and xlogy"
def entropy(p: torch.Tensor) -> torch.Tensor:
    return torch.special.entr(p).sum()


def cross_entropy(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    return torch.xlogy(p, q).sum().neg()


def kl(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    return (torch.xlogy(p, p) - torch.xlogy(p, q)).sum()


# %% right="information: nansum leaves out zero times infinity only"
def entropy(p: torch.Tensor) -> torch.Tensor:
    return cross_entropy(p, p)


def cross_entropy(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    return (p * -q.log()).nansum()


def kl(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    return (p * (p / q).log()).nansum()


# %% right="information: Python numbers in a loop, infinity by an early return"
def expected_surprise(truth, belief, dtype):
    total = 0.0
    for chance, believed in zip(truth.tolist(), belief.tolist(), strict=True):
        if chance == 0:
            continue
        if believed == 0:
            return torch.tensor(math.inf, dtype=dtype)
        total -= chance * math.log(believed)
    return torch.tensor(total, dtype=dtype)


def entropy(p: torch.Tensor) -> torch.Tensor:
    return expected_surprise(p, p, p.dtype)


def cross_entropy(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    return expected_surprise(p, q, p.dtype)


def kl(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    double = torch.float64
    return (expected_surprise(p, q, double) - expected_surprise(p, p, double)).to(p.dtype)


# %% wrong="information: a small number is added in every logarithm; breaks: the surprise is infinite where q is 0 and p is not"
def entropy(p: torch.Tensor) -> torch.Tensor:
    return -(p * (p + 1e-9).log()).sum()


def cross_entropy(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    return -(p * (q + 1e-9).log()).sum()


def kl(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    return cross_entropy(p, q) - entropy(p)


# %% wrong="information: leaves out every entry where either law is 0; breaks: H(p, q) and D are infinite where q is 0 and p is not"
def entropy(p: torch.Tensor) -> torch.Tensor:
    """The expected surprise, in nats."""
    kept = p[p > 0]
    return -(kept * kept.log()).sum()


def cross_entropy(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """The expected surprise of somebody who believes q while p is true."""
    return -(p * q.log())[(p > 0) & (q > 0)].sum()


def kl(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """The divergence of p from q: what the wrong belief q costs."""
    return (p * (p / q).log())[(p > 0) & (q > 0)].sum()


# %% wrong="information: cross-entropy expected under q; breaks: of somebody who believes q while p is true, seen with p = 0.9, 0.1 and q = 0.5, 0.5"
def entropy(p: torch.Tensor) -> torch.Tensor:
    """The expected surprise, in nats."""
    kept = p[p > 0]
    return -(kept * kept.log()).sum()


def cross_entropy(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """The expected surprise of somebody who believes q while p is true."""
    return -(q[q > 0] * p[q > 0].log()).sum()


def kl(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """The divergence of p from q: what the wrong belief q costs."""
    return (p[p > 0] * (p[p > 0] / q[p > 0]).log()).sum()


# %% wrong="information: sets q to 1 in place where p is 0; breaks: it leaves its inputs unchanged"
def entropy(p: torch.Tensor) -> torch.Tensor:
    """The expected surprise, in nats."""
    kept = p[p > 0]
    return -(kept * kept.log()).sum()


def cross_entropy(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    q[p == 0] = 1.0
    return -(p * q.log()).sum()


def kl(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    return cross_entropy(p, q) - entropy(p)


# %% wrong="information: F.kl_div is nan where both laws are 0; breaks: if p is 0 its term is 0 whatever the logarithm says"
def entropy(p: torch.Tensor) -> torch.Tensor:
    """The expected surprise, in nats."""
    kept = p[p > 0]
    return -(kept * kept.log()).sum()


def cross_entropy(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """The expected surprise of somebody who believes q while p is true."""
    return -(p[p > 0] * q[p > 0].log()).sum()


def kl(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """The divergence of p from q: what the wrong belief q costs."""
    return F.kl_div(q.log(), p, reduction="sum")


# %% wrong="information: the result is a tensor of the default type; breaks: returns tensors of the same type, seen with float64"
def entropy(p: torch.Tensor) -> torch.Tensor:
    return torch.tensor(-sum(chance * math.log(chance) for chance in p.tolist() if chance > 0))


def cross_entropy(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """The expected surprise of somebody who believes q while p is true."""
    return -(p[p > 0] * q[p > 0].log()).sum()


def kl(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """The divergence of p from q: what the wrong belief q costs."""
    return (p[p > 0] * (p[p > 0] / q[p > 0]).log()).sum()


# %% right="perplexities: the classes moved to the second axis (a panel)"
def token_loss(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood per token, in nats."""
    return F.cross_entropy(logits.movedim(-1, 1), targets)


def perplexity(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """How many equally likely tokens would leave one as unsure."""
    return torch.exp(token_loss(logits, targets))


def bits_per_token(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The same surprise in bits."""
    return token_loss(logits, targets) / math.log(2)


def first_loss(vocabulary: int) -> float:
    """About what an untrained model's loss should be, in nats."""
    return -math.log(1 / vocabulary)


# %% right="perplexities: reshape, two to the power of the bits, numpy logarithms"
def token_loss(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood per token, in nats."""
    return F.cross_entropy(logits.reshape(-1, logits.shape[-1]), targets.reshape(-1))


def perplexity(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """How many equally likely tokens would leave one as unsure."""
    return 2 ** bits_per_token(logits, targets)


def bits_per_token(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The same surprise in bits."""
    return token_loss(logits, targets) / float(np.log(2.0))


def first_loss(vocabulary: int) -> float:
    """About what an untrained model's loss should be, in nats."""
    return float(np.log(vocabulary))


# %% right="perplexities: sequences one after the other, the logarithm by its base"
def token_loss(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood per token, in nats."""
    return F.cross_entropy(torch.cat([one for one in logits]), torch.cat(list(targets)))


def perplexity(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """How many equally likely tokens would leave one as unsure."""
    return math.e ** token_loss(logits, targets)


def bits_per_token(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The same surprise in bits."""
    return token_loss(logits, targets) / (1 / math.log2(math.e))


def first_loss(vocabulary: int) -> float:
    """About what an untrained model's loss should be, in nats."""
    return math.log2(vocabulary) / math.log2(math.e)


# %% wrong="perplexities: targets flattened in another order; breaks: the mean NLL per token, seen with random logits"
def token_loss(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood per token, in nats."""
    return F.cross_entropy(logits.flatten(0, 1), targets.T.flatten())


def perplexity(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """How many equally likely tokens would leave one as unsure."""
    return token_loss(logits, targets).exp()


def bits_per_token(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The same surprise in bits."""
    return token_loss(logits, targets) / math.log(2)


def first_loss(vocabulary: int) -> float:
    """About what an untrained model's loss should be, in nats."""
    return math.log(vocabulary)


# %% wrong="perplexities: reshape in place of moving the axis; breaks: scores (batch, sequence, vocabulary), seen with random logits"
def token_loss(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood per token, in nats."""
    return F.cross_entropy(logits.reshape(logits.shape[0], logits.shape[2], logits.shape[1]), targets)


def perplexity(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """How many equally likely tokens would leave one as unsure."""
    return token_loss(logits, targets).exp()


def bits_per_token(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The same surprise in bits."""
    return token_loss(logits, targets) / math.log(2)


def first_loss(vocabulary: int) -> float:
    """About what an untrained model's loss should be, in nats."""
    return math.log(vocabulary)


# %% wrong="perplexities: probabilities handed over; breaks: F.cross_entropy takes raw scores and not probabilities, seen with random logits"
def token_loss(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood per token, in nats."""
    return F.cross_entropy(logits.softmax(dim=-1).flatten(0, 1), targets.flatten())


def perplexity(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """How many equally likely tokens would leave one as unsure."""
    return token_loss(logits, targets).exp()


def bits_per_token(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The same surprise in bits."""
    return token_loss(logits, targets) / math.log(2)


def first_loss(vocabulary: int) -> float:
    """About what an untrained model's loss should be, in nats."""
    return math.log(vocabulary)


# %% wrong="perplexities: shifts the targets by one; breaks: all places of all sequences count alike, seen with random logits"
def token_loss(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood per token, in nats."""
    return F.cross_entropy(logits[:, :-1].flatten(0, 1), targets[:, 1:].flatten())


def perplexity(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """How many equally likely tokens would leave one as unsure."""
    return token_loss(logits, targets).exp()


def bits_per_token(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The same surprise in bits."""
    return token_loss(logits, targets) / math.log(2)


def first_loss(vocabulary: int) -> float:
    """About what an untrained model's loss should be, in nats."""
    return math.log(vocabulary)


# %% wrong="perplexities: mean of the perplexities of the sequences; breaks: exp of the mean NLL, seen with two unlike sequences"
def token_loss(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood per token, in nats."""
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


def perplexity(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """How many equally likely tokens would leave one as unsure."""
    return torch.stack([token_loss(a[None], b[None]).exp() for a, b in zip(logits, targets)]).mean()


def bits_per_token(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The same surprise in bits."""
    return token_loss(logits, targets) / math.log(2)


def first_loss(vocabulary: int) -> float:
    """About what an untrained model's loss should be, in nats."""
    return math.log(vocabulary)


# %% wrong="perplexities: detached logits; breaks: gradients flow back to logits"
def token_loss(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood per token, in nats."""
    return F.cross_entropy(logits.detach().flatten(0, 1), targets.flatten())


def perplexity(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """How many equally likely tokens would leave one as unsure."""
    return token_loss(logits, targets).exp()


def bits_per_token(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The same surprise in bits."""
    return token_loss(logits, targets) / math.log(2)


def first_loss(vocabulary: int) -> float:
    """About what an untrained model's loss should be, in nats."""
    return math.log(vocabulary)


# %% wrong="perplexities: computes in float32; breaks: returns tensors of the same type, seen with float64"
def token_loss(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood per token, in nats."""
    return F.cross_entropy(logits.float().flatten(0, 1), targets.flatten())


def perplexity(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """How many equally likely tokens would leave one as unsure."""
    return token_loss(logits, targets).exp()


def bits_per_token(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The same surprise in bits."""
    return token_loss(logits, targets) / math.log(2)


def first_loss(vocabulary: int) -> float:
    """About what an untrained model's loss should be, in nats."""
    return math.log(vocabulary)


# %% right="mutual: entropies of the margins and of the table, in double precision"
def doubt(law):
    return torch.special.entr(law.double()).sum()


def mutual_information(joint: torch.Tensor) -> torch.Tensor:
    table = joint.double()
    return (doubt(table.sum(dim=1)) + doubt(table.sum(dim=0)) - doubt(table)).to(joint.dtype)


def conditional_entropy(joint: torch.Tensor) -> torch.Tensor:
    return (doubt(joint) - doubt(joint.double().sum(dim=1))).to(joint.dtype)


# %% right="mutual: Python loops over the cells of the table"
def mutual_information(joint: torch.Tensor) -> torch.Tensor:
    table = joint.tolist()
    down, across = [sum(row) for row in table], [sum(column) for column in zip(*table, strict=True)]
    total = 0.0
    for x, row in enumerate(table):
        for y, chance in enumerate(row):
            if chance > 0:
                total += chance * math.log(chance / down[x] / across[y])
    return torch.tensor(total, dtype=joint.dtype)


def conditional_entropy(joint: torch.Tensor) -> torch.Tensor:
    total = 0.0
    for row in joint.tolist():
        weight = sum(row)
        total -= sum(chance * math.log(chance / weight) for chance in row if chance > 0)
    return torch.tensor(total, dtype=joint.dtype)


# %% right="mutual: logarithms by where with ones for the zeros"
def safe_log(table):
    return torch.where(table > 0, table, torch.ones_like(table)).log()


def mutual_information(joint: torch.Tensor) -> torch.Tensor:
    rows, columns = joint.sum(dim=1, keepdim=True), joint.sum(dim=0, keepdim=True)
    return (joint * (safe_log(joint) - safe_log(rows) - safe_log(columns))).sum()


def conditional_entropy(joint: torch.Tensor) -> torch.Tensor:
    return (joint * (safe_log(joint.sum(dim=1))[:, None] - safe_log(joint))).sum()


# %% wrong="mutual: nan for a row or column of zeros in the mutual information; breaks: zeros are possible, whole rows and columns of them too"
def mutual_information(joint: torch.Tensor) -> torch.Tensor:
    product = joint.sum(dim=1, keepdim=True) * joint.sum(dim=0, keepdim=True)
    return torch.xlogy(joint, joint / product).sum()


def conditional_entropy(joint: torch.Tensor) -> torch.Tensor:
    """The uncertainty about Y (columns) that is left, on average, when X (the row) is known."""
    given = joint / joint.sum(dim=1, keepdim=True)
    seen = joint > 0
    return -(joint[seen] * given[seen].log()).sum()


# %% wrong="mutual: nan for a row of zeros in the conditional entropy; breaks: zeros are possible, whole rows of them too"
def mutual_information(joint: torch.Tensor) -> torch.Tensor:
    """How many nats X and Y say about each other."""
    product = joint.sum(dim=1, keepdim=True) * joint.sum(dim=0, keepdim=True)
    seen = joint > 0
    return (joint[seen] * (joint[seen] / product[seen]).log()).sum()


def conditional_entropy(joint: torch.Tensor) -> torch.Tensor:
    weight = joint.sum(dim=1)
    within = torch.special.entr(joint / weight[:, None]).sum(dim=1)
    return (weight * within).sum()


# %% wrong="mutual: rows averaged without weights; breaks: averaged over the rows by how likely they are, seen with rows 0.9 and 0.1"
def mutual_information(joint: torch.Tensor) -> torch.Tensor:
    """How many nats X and Y say about each other."""
    product = joint.sum(dim=1, keepdim=True) * joint.sum(dim=0, keepdim=True)
    seen = joint > 0
    return (joint[seen] * (joint[seen] / product[seen]).log()).sum()


def conditional_entropy(joint: torch.Tensor) -> torch.Tensor:
    weight = joint.sum(dim=1, keepdim=True)
    rows = (joint / weight)[weight[:, 0] > 0]
    return torch.special.entr(rows).sum(dim=1).mean()


# %% wrong="mutual: uncertainty about the row given the column; breaks: about Y (columns) when X (the row) is known, seen with a table that is not symmetric"
def mutual_information(joint: torch.Tensor) -> torch.Tensor:
    """How many nats X and Y say about each other."""
    product = joint.sum(dim=1, keepdim=True) * joint.sum(dim=0, keepdim=True)
    seen = joint > 0
    return (joint[seen] * (joint[seen] / product[seen]).log()).sum()


def conditional_entropy(joint: torch.Tensor) -> torch.Tensor:
    """The uncertainty about Y (columns) that is left, on average, when X (the row) is known."""
    given = joint / joint.sum(dim=0, keepdim=True)
    seen = joint > 0
    return -(joint[seen] * given[seen].log()).sum()


# %% wrong="mutual: entropy of the rows less H(Y given X); breaks: H(Y) - H(Y given X), seen with margins that differ"
def mutual_information(joint: torch.Tensor) -> torch.Tensor:
    return torch.special.entr(joint.sum(dim=1)).sum() - conditional_entropy(joint)


def conditional_entropy(joint: torch.Tensor) -> torch.Tensor:
    """The uncertainty about Y (columns) that is left, on average, when X (the row) is known."""
    given = joint / joint.sum(dim=1, keepdim=True)
    seen = joint > 0
    return -(joint[seen] * given[seen].log()).sum()


# %% wrong="mutual: square tables only; breaks: works for any size (not square), seen with 2 rows and 10 columns"
def mutual_information(joint: torch.Tensor) -> torch.Tensor:
    rows, columns, total = joint.sum(dim=1), joint.sum(dim=0), joint.new_zeros(())
    for x in range(len(joint)):
        for y in range(len(joint)):
            if joint[x, y] > 0:
                total = total + joint[x, y] * (joint[x, y] / (rows[x] * columns[y])).log()
    return total


def conditional_entropy(joint: torch.Tensor) -> torch.Tensor:
    """The uncertainty about Y (columns) that is left, on average, when X (the row) is known."""
    given = joint / joint.sum(dim=1, keepdim=True)
    seen = joint > 0
    return -(joint[seen] * given[seen].log()).sum()


# %% wrong="mutual: fills the zeros of the input; breaks: it leaves its inputs unchanged"
def mutual_information(joint: torch.Tensor) -> torch.Tensor:
    joint[joint == 0] = 1e-12
    product = joint.sum(dim=1, keepdim=True) * joint.sum(dim=0, keepdim=True)
    return (joint * (joint / product).log()).sum()


def conditional_entropy(joint: torch.Tensor) -> torch.Tensor:
    """The uncertainty about Y (columns) that is left, on average, when X (the row) is known."""
    given = joint / joint.sum(dim=1, keepdim=True)
    seen = joint > 0
    return -(joint[seen] * given[seen].log()).sum()


# %% right="scores: comparisons of True and False, all but the positives"
def scores(truth: torch.Tensor, says: torch.Tensor, beta: float):
    """Precision, recall, false-positive rate and F-score of yes-or-no answers."""
    true_positives = (truth & says).sum()
    false_positives = (says > truth).sum()
    false_negatives = (truth > says).sum()
    precision = true_positives / (true_positives + false_positives)
    recall = true_positives / (truth.sum())
    false_positive_rate = false_positives / (len(truth) - truth.sum())
    f_score = (1 + beta**2) * precision * recall / (recall + beta * beta * precision)
    return precision, recall, false_positive_rate, f_score


# %% right="scores: exclusive or, count_nonzero, true negatives counted"
def scores(truth: torch.Tensor, says: torch.Tensor, beta: float):
    """Precision, recall, false-positive rate and F-score of yes-or-no answers."""
    true_positives = (truth & says).sum()
    false_positives = ((truth ^ says) & says).sum()
    false_negatives = ((truth ^ says) & truth).sum()
    precision = true_positives / says.count_nonzero()
    recall = true_positives / (truth.count_nonzero())
    false_positive_rate = false_positives / ((~truth & ~says).sum() + false_positives)
    f_score = (1 + beta**2) * precision * recall / (math.pow(beta, 2) * precision + recall)
    return precision, recall, false_positive_rate, f_score


# %% right="scores: named functions and masks, numbers taken one by one"
def scores(truth: torch.Tensor, says: torch.Tensor, beta: float):
    """Precision, recall, false-positive rate and F-score of yes-or-no answers."""
    true_positives = (truth & says).sum()
    false_positives = (says.logical_and(truth.logical_not())).sum()
    false_negatives = (~says[truth]).sum()
    precision = true_positives / sum(int(one) for one in says)
    recall = true_positives / (sum(truth.tolist()))
    false_positive_rate = false_positives / truth.logical_not().sum()
    f_score = (1 + beta**2) * precision * recall / (torch.addcmul(recall, torch.tensor(float(beta)) ** 2, precision))
    return precision, recall, false_positive_rate, f_score


# %% wrong="scores: beta not squared; breaks: beta squared in the F-score, seen with beta = 2"
def scores(truth: torch.Tensor, says: torch.Tensor, beta: float):
    """Precision, recall, false-positive rate and F-score of yes-or-no answers."""
    true_positives = (truth & says).sum()
    false_positives = (~truth & says).sum()
    false_negatives = (truth & ~says).sum()
    precision = true_positives / says.sum()
    recall = true_positives / (true_positives + false_negatives)
    false_positive_rate = false_positives / (~truth).sum()
    f_score = (1 + beta**2) * precision * recall / (beta * precision + recall)
    return precision, recall, false_positive_rate, f_score


# %% wrong="scores: beta squared at the recall; breaks: a beta above 1 makes recall count more, seen with beta = 2"
def scores(truth: torch.Tensor, says: torch.Tensor, beta: float):
    """Precision, recall, false-positive rate and F-score of yes-or-no answers."""
    true_positives = (truth & says).sum()
    false_positives = (~truth & says).sum()
    false_negatives = (truth & ~says).sum()
    precision = true_positives / says.sum()
    recall = true_positives / (true_positives + false_negatives)
    false_positive_rate = false_positives / (~truth).sum()
    f_score = (1 + beta**2) * precision * recall / (precision + beta**2 * recall)
    return precision, recall, false_positive_rate, f_score


# %% wrong="scores: beta is ignored below the line; breaks: F-score with beta, seen with beta = 2"
def scores(truth: torch.Tensor, says: torch.Tensor, beta: float):
    """Precision, recall, false-positive rate and F-score of yes-or-no answers."""
    true_positives = (truth & says).sum()
    false_positives = (~truth & says).sum()
    false_negatives = (truth & ~says).sum()
    precision = true_positives / says.sum()
    recall = true_positives / (true_positives + false_negatives)
    false_positive_rate = false_positives / (~truth).sum()
    f_score = (1 + beta**2) * precision * recall / (precision + recall)
    return precision, recall, false_positive_rate, f_score


# %% wrong="scores: false alarms divided by the positives; breaks: of all the others, which share raises an alarm, seen with unequal groups"
def scores(truth: torch.Tensor, says: torch.Tensor, beta: float):
    """Precision, recall, false-positive rate and F-score of yes-or-no answers."""
    true_positives = (truth & says).sum()
    false_positives = (~truth & says).sum()
    false_negatives = (truth & ~says).sum()
    precision = true_positives / says.sum()
    recall = true_positives / (true_positives + false_negatives)
    false_positive_rate = false_positives / truth.sum()
    f_score = (1 + beta**2) * precision * recall / (beta**2 * precision + recall)
    return precision, recall, false_positive_rate, f_score


# %% wrong="scores: hits divided by the number of negatives; breaks: of the eights, which share is found, seen with unequal groups"
def scores(truth: torch.Tensor, says: torch.Tensor, beta: float):
    """Precision, recall, false-positive rate and F-score of yes-or-no answers."""
    true_positives = (truth & says).sum()
    false_positives = (~truth & says).sum()
    false_negatives = (truth & ~says).sum()
    precision = true_positives / says.sum()
    recall = true_positives / ((~truth).sum())
    false_positive_rate = false_positives / (~truth).sum()
    f_score = (1 + beta**2) * precision * recall / (beta**2 * precision + recall)
    return precision, recall, false_positive_rate, f_score


# %% wrong="scores: half of all in place of the positives; breaks: of the eights, which share is found, seen with unequal groups"
def scores(truth: torch.Tensor, says: torch.Tensor, beta: float):
    """Precision, recall, false-positive rate and F-score of yes-or-no answers."""
    true_positives = (truth & says).sum()
    false_positives = (~truth & says).sum()
    false_negatives = (truth & ~says).sum()
    precision = true_positives / says.sum()
    recall = true_positives / (len(truth) / 2)
    false_positive_rate = false_positives / (~truth).sum()
    f_score = (1 + beta**2) * precision * recall / (beta**2 * precision + recall)
    return precision, recall, false_positive_rate, f_score


# %% wrong="scores: clears the right alarms in the input; breaks: it leaves its inputs unchanged"
def scores(truth: torch.Tensor, says: torch.Tensor, beta: float):
    """Precision, recall, false-positive rate and F-score of yes-or-no answers."""
    true_positives = (truth & says).sum()
    false_positives = (says.logical_and_(~truth)).sum()
    false_negatives = (truth.sum() - true_positives).sum()
    precision = true_positives / (true_positives + false_positives)
    recall = true_positives / (true_positives + false_negatives)
    false_positive_rate = false_positives / (~truth).sum()
    f_score = (1 + beta**2) * precision * recall / (beta**2 * precision + recall)
    return precision, recall, false_positive_rate, f_score


# %% right="estimates: softmax for the weights, unbiased variance"
def monte_carlo(values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    return values.mean(), (values.var(correction=1) / values.numel()).sqrt()


def importance(values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor) -> torch.Tensor:
    return torch.dot(values, torch.exp(log_p - log_q)) / len(values)


def self_normalised(
    values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    shares = (log_p - log_q).softmax(dim=0)
    return shares @ values, 1 / (shares @ shares)


# %% right="estimates: numpy in double precision inside"
def doubled(*tensors):
    return [one.numpy().astype(np.float64) for one in tensors]


def monte_carlo(values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    (f,) = doubled(values)
    found = f.mean(), f.std(ddof=1) / np.sqrt(f.size)
    return tuple(torch.tensor(float(one), dtype=values.dtype) for one in found)


def importance(values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor) -> torch.Tensor:
    f, above, below = doubled(values, log_p, log_q)
    return torch.tensor(float(np.mean(f * np.exp(above - below))), dtype=values.dtype)


def self_normalised(
    values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    f, above, below = doubled(values, log_p, log_q)
    w = above - below
    w = np.exp(w - w.max())
    found = (w * f).sum() / w.sum(), w.sum() ** 2 / (w**2).sum()
    return tuple(torch.tensor(float(one), dtype=values.dtype) for one in found)


# %% right="estimates: logsumexp for both sums, keyword arguments, a call between the functions"
def monte_carlo(values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    mean, n = values.sum() / len(values), len(values)
    return mean, ((values - mean).square().sum() / (n - 1) / n).sqrt()


def importance(values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor) -> torch.Tensor:
    weights = torch.exp(input=log_p - log_q)
    return monte_carlo(values * weights)[0]


def self_normalised(
    values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    log_w = log_p.sub(log_q)
    log_w = log_w - log_w.logsumexp(dim=0)
    return log_w.exp().mul(values).sum(), torch.exp(-torch.logsumexp(2 * log_w, dim=0))


# %% wrong="estimates: weights without a shift overflow or vanish; breaks: log_p may lack any constant and the results must not suffer, seen with log_p + 1000"
def monte_carlo(values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The estimate of E[f(X)] from draws of X itself, and its standard error."""
    return values.mean(), values.std() / math.sqrt(len(values))


def importance(values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor) -> torch.Tensor:
    """The estimate of E_p[f(X)] from draws of q, with both densities known."""
    return (values * (log_p - log_q).exp()).mean()


def self_normalised(
    values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """The estimate of E_p[f(X)] with p known up to a constant, and the effective sample size."""
    log_w = log_p - log_q
    w = log_w.exp()
    return (w * values).sum() / w.sum(), w.sum() ** 2 / w.square().sum()


# %% wrong="estimates: large log weights are cut off; breaks: log_p may lack any constant and the results must not suffer, seen with log_p + 1000"
def monte_carlo(values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The estimate of E[f(X)] from draws of X itself, and its standard error."""
    return values.mean(), values.std() / math.sqrt(len(values))


def importance(values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor) -> torch.Tensor:
    """The estimate of E_p[f(X)] from draws of q, with both densities known."""
    return (values * (log_p - log_q).exp()).mean()


def self_normalised(
    values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """The estimate of E_p[f(X)] with p known up to a constant, and the effective sample size."""
    log_w = log_p - log_q
    w = log_w.clamp(-40, 40).exp()
    return (w * values).sum() / w.sum(), w.sum() ** 2 / w.square().sum()


# %% wrong="estimates: importance weights without the proposal; breaks: w = p / q, seen with log_q other than 0"
def monte_carlo(values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The estimate of E[f(X)] from draws of X itself, and its standard error."""
    return values.mean(), values.std() / math.sqrt(len(values))


def importance(values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor) -> torch.Tensor:
    """The estimate of E_p[f(X)] from draws of q, with both densities known."""
    return (values * log_p.exp()).mean()


def self_normalised(
    values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """The estimate of E_p[f(X)] with p known up to a constant, and the effective sample size."""
    log_w = log_p - log_q
    w = (log_w - log_w.max()).exp()
    return (w * values).sum() / w.sum(), w.sum() ** 2 / w.square().sum()


# %% wrong="estimates: self-normalised weights without the proposal; breaks: w = p / q, seen with unequal log_q"
def monte_carlo(values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The estimate of E[f(X)] from draws of X itself, and its standard error."""
    return values.mean(), values.std() / math.sqrt(len(values))


def importance(values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor) -> torch.Tensor:
    """The estimate of E_p[f(X)] from draws of q, with both densities known."""
    return (values * (log_p - log_q).exp()).mean()


def self_normalised(
    values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """The estimate of E_p[f(X)] with p known up to a constant, and the effective sample size."""
    log_w = log_p
    w = (log_w - log_w.max()).exp()
    return (w * values).sum() / w.sum(), w.sum() ** 2 / w.square().sum()


# %% wrong="estimates: subtracts log_q in place; breaks: it leaves its inputs unchanged"
def monte_carlo(values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The estimate of E[f(X)] from draws of X itself, and its standard error."""
    return values.mean(), values.std() / math.sqrt(len(values))


def importance(values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor) -> torch.Tensor:
    """The estimate of E_p[f(X)] from draws of q, with both densities known."""
    return (values * (log_p - log_q).exp()).mean()


def self_normalised(
    values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """The estimate of E_p[f(X)] with p known up to a constant, and the effective sample size."""
    log_p -= log_q
    log_w = log_p
    w = (log_w - log_w.max()).exp()
    return (w * values).sum() / w.sum(), w.sum() ** 2 / w.square().sum()


# %% wrong="estimates: new tensors of the default type; breaks: returns tensors of the same type, seen with float64"
def monte_carlo(values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The estimate of E[f(X)] from draws of X itself, and its standard error."""
    return torch.tensor(values.mean().item()), torch.tensor(values.std().item() / len(values) ** 0.5)


def importance(values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor) -> torch.Tensor:
    """The estimate of E_p[f(X)] from draws of q, with both densities known."""
    return (values * (log_p - log_q).exp()).mean()


def self_normalised(
    values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """The estimate of E_p[f(X)] with p known up to a constant, and the effective sample size."""
    log_w = log_p - log_q
    w = (log_w - log_w.max()).exp()
    return (w * values).sum() / w.sum(), w.sum() ** 2 / w.square().sum()


# %% right="gibbs: an endless generator of sweeps"
def sweeps(rho, state):
    x1, x2 = state
    std = (1 - rho * rho) ** 0.5
    while True:
        x1 = rho * x2 + std * random.gauss(0.0, 1.0)
        x2 = rho * x1 + std * random.gauss(0.0, 1.0)
        yield x1, x2


def gibbs(rho: float, n: int, start: tuple[float, float], burn_in: int, thin: int) -> torch.Tensor:
    walk = sweeps(rho, start)
    for _ in range(burn_in):
        next(walk)
    kept = []
    while len(kept) < n:
        for _ in range(thin):
            state = next(walk)
        kept.append(state)
    return torch.tensor(kept, dtype=torch.float64)


# %% right="gibbs: all noise drawn at once, the whole path written down and sliced"
def gibbs(rho: float, n: int, start: tuple[float, float], burn_in: int, thin: int) -> torch.Tensor:
    total = burn_in + n * thin
    noise = torch.randn(total, 2) * math.sqrt(1 - rho**2)
    path = torch.empty(total, 2)
    second = float(start[1])
    for place, (one, two) in enumerate(noise.tolist()):
        first = rho * second + one
        second = rho * first + two
        path[place, 0], path[place, 1] = first, second
    return path[burn_in + thin - 1 :: thin].clone()


# %% right="gibbs: a class that walks"
class Walker:
    def __init__(self, rho, start):
        self.rho, self.state = rho, list(start)
        self.std = math.sqrt(max(0.0, 1 - rho * rho))

    def sweep(self):
        for axis in (0, 1):
            self.state[axis] = self.rho * self.state[1 - axis] + self.std * torch.randn(()).item()

    def walk(self, times):
        for _ in range(times):
            self.sweep()
        return torch.tensor(self.state)


def gibbs(rho: float, n: int, start: tuple[float, float], burn_in: int, thin: int) -> torch.Tensor:
    walker = Walker(rho, start)
    walker.walk(burn_in)
    return torch.stack([walker.walk(thin) for _ in range(n)])


# %% wrong="gibbs: burn_in is ignored; breaks: do burn_in sweeps and forget them, seen with a start far away"
def gibbs(rho: float, n: int, start: tuple[float, float], burn_in: int, thin: int) -> torch.Tensor:
    """n states (n, 2) of a walk through two standard normal variables with correlation rho."""
    x1, x2 = start
    std, states = math.sqrt(1 - rho**2), []
    for sweep in range(1, n * thin + 1):
        x1 = random.gauss(rho * x2, std)
        x2 = random.gauss(rho * x1, std)
        if sweep % thin == 0:
            states.append((x1, x2))
    return torch.tensor(states)


# %% wrong="gibbs: thin is ignored; breaks: keep the state after every thin-th sweep, seen with thin = 20 and correlation 0.9"
def gibbs(rho: float, n: int, start: tuple[float, float], burn_in: int, thin: int) -> torch.Tensor:
    """n states (n, 2) of a walk through two standard normal variables with correlation rho."""
    x1, x2 = start
    std, states = math.sqrt(1 - rho**2), []
    for sweep in range(1, burn_in + n + 1):
        x1 = random.gauss(rho * x2, std)
        x2 = random.gauss(rho * x1, std)
        if sweep > burn_in:
            states.append((x1, x2))
    return torch.tensor(states)


# %% wrong="gibbs: keeps the first sweep of each group of thin; breaks: the state after every thin-th sweep, seen with a start far away and thin = 20"
def gibbs(rho: float, n: int, start: tuple[float, float], burn_in: int, thin: int) -> torch.Tensor:
    """n states (n, 2) of a walk through two standard normal variables with correlation rho."""
    x1, x2 = start
    std, states = math.sqrt(1 - rho**2), []
    for sweep in range(1, burn_in + n * thin + 1):
        x1 = random.gauss(rho * x2, std)
        x2 = random.gauss(rho * x1, std)
        if sweep > burn_in and (sweep - burn_in - 1) % thin == 0:
            states.append((x1, x2))
    return torch.tensor(states)


# %% wrong="gibbs: burn_in counts half-sweeps; breaks: do burn_in sweeps and forget them, seen with a start far away"
def gibbs(rho: float, n: int, start: tuple[float, float], burn_in: int, thin: int) -> torch.Tensor:
    """n states (n, 2) of a walk through two standard normal variables with correlation rho."""
    x1, x2 = start
    std, states = math.sqrt(1 - rho**2), []
    for sweep in range(1, burn_in // 2 + n * thin + 1):
        x1 = random.gauss(rho * x2, std)
        x2 = random.gauss(rho * x1, std)
        if sweep > burn_in // 2 and (sweep - burn_in // 2) % thin == 0:
            states.append((x1, x2))
    return torch.tensor(states)


# %% wrong="gibbs: seeds the generator; breaks: every call draws afresh and seeds no random generator"
def gibbs(rho: float, n: int, start: tuple[float, float], burn_in: int, thin: int) -> torch.Tensor:
    """n states (n, 2) of a walk through two standard normal variables with correlation rho."""
    random.seed(0)
    x1, x2 = start
    std, states = math.sqrt(1 - rho**2), []
    for sweep in range(1, burn_in + n * thin + 1):
        x1 = random.gauss(rho * x2, std)
        x2 = random.gauss(rho * x1, std)
        if sweep > burn_in and (sweep - burn_in) % thin == 0:
            states.append((x1, x2))
    return torch.tensor(states)


# %% wrong="gibbs: returns an array; breaks: it returns one tensor, not an array"
def gibbs(rho: float, n: int, start: tuple[float, float], burn_in: int, thin: int) -> torch.Tensor:
    """n states (n, 2) of a walk through two standard normal variables with correlation rho."""
    x1, x2 = start
    std, states = math.sqrt(1 - rho**2), []
    for sweep in range(1, burn_in + n * thin + 1):
        x1 = random.gauss(rho * x2, std)
        x2 = random.gauss(rho * x1, std)
        if sweep > burn_in and (sweep - burn_in) % thin == 0:
            states.append((x1, x2))
    return np.array(states)


# %% wrong="gibbs: the variance is used as the deviation; breaks: the second number is the variance, seen with correlation 0.8"
def gibbs(rho: float, n: int, start: tuple[float, float], burn_in: int, thin: int) -> torch.Tensor:
    """n states (n, 2) of a walk through two standard normal variables with correlation rho."""
    x1, x2 = start
    std, states = 1 - rho**2, []
    for sweep in range(1, burn_in + n * thin + 1):
        x1 = random.gauss(rho * x2, std)
        x2 = random.gauss(rho * x1, std)
        if sweep > burn_in and (sweep - burn_in) % thin == 0:
            states.append((x1, x2))
    return torch.tensor(states)


# %% right="metropolis: the present log density is remembered"
def metropolis(log_p, start: float, step: float, n: int) -> list[float]:
    x, height, chain = start, log_p(start), []
    for _ in range(n):
        proposal = x + step * random.gauss(0.0, 1.0)
        new = log_p(proposal)
        if new >= height or random.random() < math.exp(new - height):
            x, height = proposal, new
        chain.append(x)
    return chain


# %% right="metropolis: a generator of states, rejection with an early yield"
def states_of(log_p, x, step):
    while True:
        proposal = random.gauss(x, step)
        if random.random() >= math.exp(min(0.0, log_p(proposal) - log_p(x))):
            yield x  # stay, and count it again
            continue
        x = proposal
        yield x


def metropolis(log_p, start: float, step: float, n: int) -> list[float]:
    walk = states_of(log_p, start, step)
    return [next(walk) for _ in range(n)]


# %% right="metropolis: noise of torch, the chain prepared in full length"
def metropolis(log_p, start: float, step: float, n: int) -> list[float]:
    noise, chance = (step * torch.randn(n, dtype=torch.float64)).tolist(), torch.rand(n, dtype=torch.float64).tolist()
    chain = [float(start)] * (n + 1)
    for place in range(n):
        here, there = chain[place], chain[place] + noise[place]
        accept = chance[place] < math.exp(min(0.0, log_p(there) - log_p(here)))
        chain[place + 1] = there if accept else here
    return chain[1:]


# %% wrong="metropolis: the mistake is left as it was; breaks: find it and repair it, a rejection is a state as well"
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


# %% wrong="metropolis: goes only uphill; breaks: downhill sometimes, seen with a normal law"
def metropolis(log_p, start: float, step: float, n: int) -> list[float]:
    """The n states after start of a chain whose long-run law has the log density log_p, up to a constant."""
    x, chain = start, []
    while len(chain) < n:
        proposal = random.gauss(x, step)
        log_ratio = log_p(proposal) - log_p(x)
        if log_ratio >= 0:
            x = proposal
        chain.append(x)
    return chain


# %% wrong="metropolis: doubles the log ratio to make the chain narrower; breaks: accept with probability min(1, p(new) / p(x)), seen with a normal law"
def metropolis(log_p, start: float, step: float, n: int) -> list[float]:
    """The n states after start of a chain whose long-run law has the log density log_p, up to a constant."""
    x, chain = start, []
    while len(chain) < n:
        proposal = random.gauss(x, step)
        log_ratio = log_p(proposal) - log_p(x)
        if random.random() < math.exp(min(0.0, 2 * log_ratio)):
            x = proposal
        chain.append(x)
    return chain


# %% wrong="metropolis: throws the first hundred states away; breaks: the chain has the n states after start, seen with a start far away and small steps"
def metropolis(log_p, start: float, step: float, n: int) -> list[float]:
    """The n states after start of a chain whose long-run law has the log density log_p, up to a constant."""
    x, chain = start, []
    while len(chain) < n + 100:
        proposal = random.gauss(x, step)
        log_ratio = log_p(proposal) - log_p(x)
        if random.random() < math.exp(min(0.0, log_ratio)):
            x = proposal
        chain.append(x)
    return chain[100:]


# %% wrong="metropolis: seeds the generator; breaks: every call draws afresh and seeds no random generator"
def metropolis(log_p, start: float, step: float, n: int) -> list[float]:
    """The n states after start of a chain whose long-run law has the log density log_p, up to a constant."""
    random.seed(1)
    x, chain = start, []
    while len(chain) < n:
        proposal = random.gauss(x, step)
        log_ratio = log_p(proposal) - log_p(x)
        if random.random() < math.exp(min(0.0, log_ratio)):
            x = proposal
        chain.append(x)
    return chain


# %% right="roc: sorted once, cumulative counts at the end of each group, trapezoids"
def roc(truth: torch.Tensor, score: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    order = score.argsort(descending=True)
    ranked, sorted_truth = score[order], truth[order]
    last = torch.ones(len(score), dtype=torch.bool)
    last[:-1] = ranked[1:] != ranked[:-1]
    rates = []
    for kind in (~sorted_truth, sorted_truth):
        so_far = kind.cumsum(dim=0)[last]
        rates.append(torch.cat([torch.zeros(1, dtype=torch.float64), so_far.double() / kind.sum()]))
    return rates[0], rates[1]


def auc(truth: torch.Tensor, score: torch.Tensor) -> float:
    across, up = roc(truth, score)
    return torch.trapezoid(up, across).item()


# %% right="roc: plain Python, counting with a dictionary"
def roc(truth: torch.Tensor, score: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    groups = {}
    for right, height in zip(truth.tolist(), score.tolist(), strict=True):
        groups.setdefault(height, [0, 0])[int(right)] += 1
    negatives = sum(group[0] for group in groups.values())
    positives = sum(group[1] for group in groups.values())
    false_alarms, found = [0], [0]
    for height in sorted(groups, reverse=True):
        false_alarms.append(false_alarms[-1] + groups[height][0])
        found.append(found[-1] + groups[height][1])
    return torch.tensor([one / negatives for one in false_alarms]), torch.tensor([one / positives for one in found])


def auc(truth: torch.Tensor, score: torch.Tensor) -> float:
    pairs = list(zip(truth.tolist(), score.tolist(), strict=True))
    wins = [(a > b) + (a == b) / 2 for yes, a in pairs if yes for no, b in pairs if not no]
    return sum(wins) / len(wins)


# %% right="roc: numpy inside, area by average ranks"
def roc(truth: torch.Tensor, score: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    yes, height = truth.numpy(), score.numpy()
    thresholds = np.unique(height)[::-1]
    false_alarms = [0.0] + [float(np.mean(height[~yes] >= one)) for one in thresholds]
    found = [0.0] + [float(np.mean(height[yes] >= one)) for one in thresholds]
    return torch.tensor(false_alarms), torch.tensor(found)


def auc(truth: torch.Tensor, score: torch.Tensor) -> float:
    yes, height = truth.numpy(), score.numpy()
    _, group, sizes = np.unique(height, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(sizes) - (sizes - 1) / 2)[group.reshape(-1)]
    n = int(yes.sum())
    return float((ranks[yes].sum() - n * (n + 1) / 2) / (n * (len(yes) - n)))


# %% wrong="roc: false alarms divided by the positives and hits by the negatives; breaks: false-positive and true-positive rates, seen with unequal groups"
def roc(truth: torch.Tensor, score: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """False-positive and true-positive rates, for every threshold from the highest score down."""
    says = score >= score.unique().flip(0)[:, None]
    false_alarms = (says & ~truth).sum(dim=1) / truth.sum()
    found = (says & truth).sum(dim=1) / (~truth).sum()
    return torch.cat([torch.zeros(1), false_alarms]), torch.cat([torch.zeros(1), found])


def auc(truth: torch.Tensor, score: torch.Tensor) -> float:
    """The area under the ROC curve."""
    positive, negative = score[truth][:, None], score[~truth]
    return ((positive > negative).double() + 0.5 * (positive == negative).double()).mean().item()


# %% wrong="roc: divides by half of all; breaks: the rates, the last point is (1, 1), seen with one positive among five"
def roc(truth: torch.Tensor, score: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """False-positive and true-positive rates, for every threshold from the highest score down."""
    says = score >= score.unique().flip(0)[:, None]
    false_alarms = (says & ~truth).sum(dim=1) / (len(truth) / 2)
    found = (says & truth).sum(dim=1) / (len(truth) / 2)
    return torch.cat([torch.zeros(1), false_alarms]), torch.cat([torch.zeros(1), found])


def auc(truth: torch.Tensor, score: torch.Tensor) -> float:
    """The area under the ROC curve."""
    positive, negative = score[truth][:, None], score[~truth]
    return ((positive > negative).double() + 0.5 * (positive == negative).double()).mean().item()


# %% wrong="roc: the first point comes from a threshold of 1.01; breaks: score (n,) any numbers, first 0 and 0, seen with a score of 5"
def roc(truth: torch.Tensor, score: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    thresholds = torch.cat([torch.tensor([1.01]), score.unique().flip(0)])
    says = score >= thresholds[:, None]
    return (says & ~truth).sum(dim=1) / (~truth).sum(), (says & truth).sum(dim=1) / truth.sum()


def auc(truth: torch.Tensor, score: torch.Tensor) -> float:
    """The area under the ROC curve."""
    positive, negative = score[truth][:, None], score[~truth]
    return ((positive > negative).double() + 0.5 * (positive == negative).double()).mean().item()


# %% wrong="roc: turns the scores round in place; breaks: it leaves its inputs unchanged"
def roc(truth: torch.Tensor, score: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    says = score.neg_() <= score.unique()[:, None]
    false_alarms = (says & ~truth).sum(dim=1) / (~truth).sum()
    found = (says & truth).sum(dim=1) / truth.sum()
    return torch.cat([torch.zeros(1), false_alarms]), torch.cat([torch.zeros(1), found])


def auc(truth: torch.Tensor, score: torch.Tensor) -> float:
    """The area under the ROC curve."""
    positive, negative = score[truth][:, None], score[~truth]
    return ((positive > negative).double() + 0.5 * (positive == negative).double()).mean().item()


# %% wrong="roc: an area below one half is turned round; breaks: the probability that a positive gets a higher score than a negative, seen with a reader that is mostly wrong"
def roc(truth: torch.Tensor, score: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """False-positive and true-positive rates, for every threshold from the highest score down."""
    says = score >= score.unique().flip(0)[:, None]
    false_alarms = (says & ~truth).sum(dim=1) / (~truth).sum()
    found = (says & truth).sum(dim=1) / truth.sum()
    return torch.cat([torch.zeros(1), false_alarms]), torch.cat([torch.zeros(1), found])


def auc(truth: torch.Tensor, score: torch.Tensor) -> float:
    """The area under the ROC curve."""
    positive, negative = score[truth][:, None], score[~truth]
    area = ((positive > negative).double() + 0.5 * (positive == negative).double()).mean().item()
    return max(area, 1 - area)


# %% right="ranking: plain Python lists sorted by pairs"
def list_down(truth, score):
    pairs = sorted(zip(score.tolist(), truth.tolist(), strict=True), key=lambda pair: pair[0], reverse=True)
    return [right for _, right in pairs]


def precision_at(truth: torch.Tensor, score: torch.Tensor, k: int) -> float:
    return sum(list_down(truth, score)[:k]) / k


def average_precision(truth: torch.Tensor, score: torch.Tensor) -> float:
    found, total = 0, 0.0
    for rank, right in enumerate(list_down(truth, score), start=1):
        if right:
            found += 1
            total += found / rank
    return total / found


def interpolated_precision(truth: torch.Tensor, score: torch.Tensor, recall: float) -> float:
    ranked, best, found = list_down(truth, score), 0.0, 0
    for rank, right in enumerate(ranked, start=1):
        found += right
        if found / sum(ranked) >= recall:
            best = max(best, found / rank)
    return best


# %% right="ranking: topk, ranks counted by comparing all pairs, no sorting"
def precision_at(truth: torch.Tensor, score: torch.Tensor, k: int) -> float:
    return truth[score.topk(k).indices].float().mean().item()


def precisions_and_recalls(truth, score):
    no_lower = score[None, :] >= score[:, None]
    rank, found = no_lower.sum(dim=1), (no_lower & truth[None, :]).sum(dim=1)
    return found.double() / rank, found.double() / truth.sum()


def average_precision(truth: torch.Tensor, score: torch.Tensor) -> float:
    return precisions_and_recalls(truth, score)[0][truth].mean().item()


def interpolated_precision(truth: torch.Tensor, score: torch.Tensor, recall: float) -> float:
    precision, reached = precisions_and_recalls(truth, score)
    return float(max(p for p, r in zip(precision.tolist(), reached.tolist(), strict=True) if r >= recall))


# %% right="ranking: numpy inside, interpolation by a running maximum from the end"
def in_order(truth, score):
    return truth.numpy()[np.argsort(-score.numpy().astype(np.float64))].astype(np.float64)


def precision_at(truth: torch.Tensor, score: torch.Tensor, k: int) -> float:
    return float(in_order(truth, score)[:k].mean())


def average_precision(truth: torch.Tensor, score: torch.Tensor) -> float:
    ranked = in_order(truth, score)
    precision = ranked.cumsum() / np.arange(1, ranked.size + 1)
    return float((precision * ranked).sum() / ranked.sum())


def interpolated_precision(truth: torch.Tensor, score: torch.Tensor, recall: float) -> float:
    ranked = in_order(truth, score)
    precision = ranked.cumsum() / np.arange(1, ranked.size + 1)
    smooth = np.maximum.accumulate(precision[::-1])[::-1]
    first = int(np.argmax(ranked.cumsum() / ranked.sum() >= recall))
    return float(smooth[first])


# %% wrong="ranking: precision at the first rank that reaches the recall; breaks: the highest precision at any rank whose recall is at least r, seen with wrong, right, right and recall 0.5"
def precision_at(truth: torch.Tensor, score: torch.Tensor, k: int) -> float:
    """The share of right ones among the k highest scores."""
    return truth[score.argsort(descending=True)][:k].double().mean().item()


def average_precision(truth: torch.Tensor, score: torch.Tensor) -> float:
    """The mean of the precisions at the ranks of the right ones."""
    ranked = truth[score.argsort(descending=True)]
    precision = ranked.cumsum(dim=0).double() / torch.arange(1, len(ranked) + 1)
    return precision[ranked].mean().item()


def interpolated_precision(truth: torch.Tensor, score: torch.Tensor, recall: float) -> float:
    """The highest precision at any rank whose recall is at least this."""
    ranked = truth[score.argsort(descending=True)]
    found = ranked.cumsum(dim=0).double()
    precision = found / torch.arange(1, len(ranked) + 1)
    return precision[found / found[-1] >= recall][0].item()


# %% wrong="ranking: the lowest scores first; breaks: among the k highest scores, seen with right, right, wrong, wrong"
def precision_at(truth: torch.Tensor, score: torch.Tensor, k: int) -> float:
    """The share of right ones among the k highest scores."""
    return truth[score.argsort()][:k].double().mean().item()


def average_precision(truth: torch.Tensor, score: torch.Tensor) -> float:
    """The mean of the precisions at the ranks of the right ones."""
    ranked = truth[score.argsort(descending=True)]
    precision = ranked.cumsum(dim=0).double() / torch.arange(1, len(ranked) + 1)
    return precision[ranked].mean().item()


def interpolated_precision(truth: torch.Tensor, score: torch.Tensor, recall: float) -> float:
    """The highest precision at any rank whose recall is at least this."""
    ranked = truth[score.argsort(descending=True)]
    found = ranked.cumsum(dim=0).double()
    precision = found / torch.arange(1, len(ranked) + 1)
    return precision[found / found[-1] >= recall].max().item()


# %% wrong="ranking: divides by the number of positives; breaks: the share of right ones among the k highest, seen with k = 3 and two positives"
def precision_at(truth: torch.Tensor, score: torch.Tensor, k: int) -> float:
    """The share of right ones among the k highest scores."""
    return truth[score.argsort(descending=True)][:k].sum().item() / truth.sum().item()


def average_precision(truth: torch.Tensor, score: torch.Tensor) -> float:
    """The mean of the precisions at the ranks of the right ones."""
    ranked = truth[score.argsort(descending=True)]
    precision = ranked.cumsum(dim=0).double() / torch.arange(1, len(ranked) + 1)
    return precision[ranked].mean().item()


def interpolated_precision(truth: torch.Tensor, score: torch.Tensor, recall: float) -> float:
    """The highest precision at any rank whose recall is at least this."""
    ranked = truth[score.argsort(descending=True)]
    found = ranked.cumsum(dim=0).double()
    precision = found / torch.arange(1, len(ranked) + 1)
    return precision[found / found[-1] >= recall].max().item()


# %% wrong="ranking: takes the list as sorted already; breaks: among the k highest scores, seen with scores in no order"
def precision_at(truth: torch.Tensor, score: torch.Tensor, k: int) -> float:
    """The share of right ones among the k highest scores."""
    return truth[:k].double().mean().item()


def average_precision(truth: torch.Tensor, score: torch.Tensor) -> float:
    """The mean of the precisions at the ranks of the right ones."""
    ranked = truth
    precision = ranked.cumsum(dim=0).double() / torch.arange(1, len(ranked) + 1)
    return precision[ranked].mean().item()


def interpolated_precision(truth: torch.Tensor, score: torch.Tensor, recall: float) -> float:
    """The highest precision at any rank whose recall is at least this."""
    ranked = truth
    found = ranked.cumsum(dim=0).double()
    precision = found / torch.arange(1, len(ranked) + 1)
    return precision[found / found[-1] >= recall].max().item()


# %% wrong="ranking: recall must be above r; breaks: whose recall is at least r and recall up to 1, seen with recall 0.5 reached exactly"
def precision_at(truth: torch.Tensor, score: torch.Tensor, k: int) -> float:
    """The share of right ones among the k highest scores."""
    return truth[score.argsort(descending=True)][:k].double().mean().item()


def average_precision(truth: torch.Tensor, score: torch.Tensor) -> float:
    """The mean of the precisions at the ranks of the right ones."""
    ranked = truth[score.argsort(descending=True)]
    precision = ranked.cumsum(dim=0).double() / torch.arange(1, len(ranked) + 1)
    return precision[ranked].mean().item()


def interpolated_precision(truth: torch.Tensor, score: torch.Tensor, recall: float) -> float:
    """The highest precision at any rank whose recall is at least this."""
    ranked = truth[score.argsort(descending=True)]
    found = ranked.cumsum(dim=0).double()
    precision = found / torch.arange(1, len(ranked) + 1)
    good = precision[found / found[-1] > recall]
    return good.max().item() if len(good) else 0.0


# %% wrong="ranking: turns the scores round in place; breaks: it leaves its inputs unchanged"
def precision_at(truth: torch.Tensor, score: torch.Tensor, k: int) -> float:
    """The share of right ones among the k highest scores."""
    return truth[score.argsort(descending=True)][:k].double().mean().item()


def average_precision(truth: torch.Tensor, score: torch.Tensor) -> float:
    """The mean of the precisions at the ranks of the right ones."""
    ranked = truth[score.neg_().argsort()]
    precision = ranked.cumsum(dim=0).double() / torch.arange(1, len(ranked) + 1)
    return precision[ranked].mean().item()


def interpolated_precision(truth: torch.Tensor, score: torch.Tensor, recall: float) -> float:
    """The highest precision at any rank whose recall is at least this."""
    ranked = truth[score.argsort(descending=True)]
    found = ranked.cumsum(dim=0).double()
    precision = found / torch.arange(1, len(ranked) + 1)
    return precision[found / found[-1] >= recall].max().item()


# %% right="detections: all boxes at once: right if no better good box has the same favourite"
def match(boxes: torch.Tensor, score: torch.Tensor, true_boxes: torch.Tensor, threshold: float) -> torch.Tensor:
    overlap, favourite = iou(boxes, true_boxes).max(dim=1)
    good = overlap >= threshold
    same = favourite[:, None] == favourite[None, :]
    better = score[None, :] > score[:, None]
    return good & ~(same & better & good[None, :]).any(dim=1)


def detection_ap(right: torch.Tensor, score: torch.Tensor, objects: int) -> float:
    rank = (score[None, :] >= score[:, None]).sum(dim=1)
    so_far = ((score[None, :] >= score[:, None]) & right[None, :]).sum(dim=1)
    return float((so_far[right].double() / rank[right]).sum() / objects)


# %% right="detections: for each true box the best of its good suitors"
def match(boxes: torch.Tensor, score: torch.Tensor, true_boxes: torch.Tensor, threshold: float) -> torch.Tensor:
    overlaps = iou(boxes, true_boxes)
    favourite = overlaps.argmax(dim=1)
    good = overlaps.amax(dim=1) >= threshold
    answer = [False] * len(boxes)
    for target in range(len(true_boxes)):
        suitors = [place for place in range(len(boxes)) if good[place] and favourite[place] == target]
        if suitors:
            answer[max(suitors, key=lambda place: score[place].item())] = True
    return torch.tensor(answer)


def detection_ap(right: torch.Tensor, score: torch.Tensor, objects: int) -> float:
    found, total = 0, 0.0
    ranked = sorted(zip(score.tolist(), right.tolist(), strict=True), reverse=True)
    for rank, (_, is_right) in enumerate(ranked, start=1):
        if is_right:
            found += 1
            total += found / rank
    return total / objects


# %% right="detections: a table of free true boxes, answers put back by the order, numpy for the precision"
def match(boxes: torch.Tensor, score: torch.Tensor, true_boxes: torch.Tensor, threshold: float) -> torch.Tensor:
    order = torch.argsort(score, descending=True)
    free = torch.ones(len(true_boxes), dtype=torch.bool)
    in_turn = []
    for box in boxes[order]:
        overlaps = iou(box[None], true_boxes)[0]
        target = overlaps.argmax()
        hit = bool(overlaps[target] >= threshold) and bool(free[target])
        if hit:
            free[target] = False
        in_turn.append(hit)
    right = torch.empty(len(boxes), dtype=torch.bool)
    right[order] = torch.tensor(in_turn)
    return right


def detection_ap(right: torch.Tensor, score: torch.Tensor, objects: int) -> float:
    ranked = right.numpy()[np.argsort(score.numpy())[::-1]]
    places = np.flatnonzero(ranked) + 1
    return float(np.sum(np.arange(1, len(places) + 1) / places) / objects)


# %% wrong="detections: above the threshold only; breaks: right if that IoU is at least the threshold, seen with an IoU of exactly 0.5"
def match(boxes: torch.Tensor, score: torch.Tensor, true_boxes: torch.Tensor, threshold: float) -> torch.Tensor:
    """For each box (n,) whether it is right."""
    overlap, favourite = iou(boxes, true_boxes).max(dim=1)
    right, claimed = torch.zeros(len(boxes), dtype=torch.bool), set()
    for place in score.argsort(descending=True).tolist():
        target = favourite[place].item()
        if overlap[place] > threshold and target not in claimed:
            right[place] = True
            claimed.add(target)
    return right


def detection_ap(right: torch.Tensor, score: torch.Tensor, objects: int) -> float:
    """The average precision of these boxes (n,), when there are so many objects to find."""
    ranked = right[score.argsort(descending=True)]
    precision = ranked.cumsum(dim=0).double() / torch.arange(1, len(ranked) + 1)
    return precision[ranked].sum().item() / objects


# %% wrong="detections: a box whose favourite is taken goes for the next one; breaks: is a double, and wrong, even if it also overlaps with another one"
def match(boxes: torch.Tensor, score: torch.Tensor, true_boxes: torch.Tensor, threshold: float) -> torch.Tensor:
    overlaps = iou(boxes, true_boxes)
    right = torch.zeros(len(boxes), dtype=torch.bool)
    for place in score.argsort(descending=True).tolist():
        best, target = overlaps[place].max(dim=0)
        if best >= threshold:
            right[place] = True
            overlaps[:, target] = -1.0
    return right


def detection_ap(right: torch.Tensor, score: torch.Tensor, objects: int) -> float:
    """The average precision of these boxes (n,), when there are so many objects to find."""
    ranked = right[score.argsort(descending=True)]
    precision = ranked.cumsum(dim=0).double() / torch.arange(1, len(ranked) + 1)
    return precision[ranked].sum().item() / objects


# %% wrong="detections: a poor box claims its favourite as well; breaks: it claims it only if it is right, seen with a poor box that has the highest score"
def match(boxes: torch.Tensor, score: torch.Tensor, true_boxes: torch.Tensor, threshold: float) -> torch.Tensor:
    """For each box (n,) whether it is right."""
    overlap, favourite = iou(boxes, true_boxes).max(dim=1)
    right, claimed = torch.zeros(len(boxes), dtype=torch.bool), set()
    for place in score.argsort(descending=True).tolist():
        target = favourite[place].item()
        right[place] = overlap[place] >= threshold and target not in claimed
        claimed.add(target)
    return right


def detection_ap(right: torch.Tensor, score: torch.Tensor, objects: int) -> float:
    """The average precision of these boxes (n,), when there are so many objects to find."""
    ranked = right[score.argsort(descending=True)]
    precision = ranked.cumsum(dim=0).double() / torch.arange(1, len(ranked) + 1)
    return precision[ranked].sum().item() / objects


# %% wrong="detections: average precision in the given order; breaks: the precisions at the ranks by the scores, seen with scores in no order"
def match(boxes: torch.Tensor, score: torch.Tensor, true_boxes: torch.Tensor, threshold: float) -> torch.Tensor:
    """For each box (n,) whether it is right."""
    overlap, favourite = iou(boxes, true_boxes).max(dim=1)
    right, claimed = torch.zeros(len(boxes), dtype=torch.bool), set()
    for place in score.argsort(descending=True).tolist():
        target = favourite[place].item()
        if overlap[place] >= threshold and target not in claimed:
            right[place] = True
            claimed.add(target)
    return right


def detection_ap(right: torch.Tensor, score: torch.Tensor, objects: int) -> float:
    """The average precision of these boxes (n,), when there are so many objects to find."""
    ranked = right
    precision = ranked.cumsum(dim=0).double() / torch.arange(1, len(ranked) + 1)
    return precision[ranked].sum().item() / objects


# %% wrong="detections: precision made monotone first; breaks: the sum of the precisions at the ranks of the right boxes, seen with wrong, right, right"
def match(boxes: torch.Tensor, score: torch.Tensor, true_boxes: torch.Tensor, threshold: float) -> torch.Tensor:
    """For each box (n,) whether it is right."""
    overlap, favourite = iou(boxes, true_boxes).max(dim=1)
    right, claimed = torch.zeros(len(boxes), dtype=torch.bool), set()
    for place in score.argsort(descending=True).tolist():
        target = favourite[place].item()
        if overlap[place] >= threshold and target not in claimed:
            right[place] = True
            claimed.add(target)
    return right


def detection_ap(right: torch.Tensor, score: torch.Tensor, objects: int) -> float:
    """The average precision of these boxes (n,), when there are so many objects to find."""
    ranked = right[score.argsort(descending=True)]
    precision = ranked.cumsum(dim=0).double() / torch.arange(1, len(ranked) + 1)
    precision = precision.flip(0).cummax(dim=0).values.flip(0)
    return precision[ranked].sum().item() / objects


# %% wrong="detections: crosses out the scores in place; breaks: it leaves its inputs unchanged"
def match(boxes: torch.Tensor, score: torch.Tensor, true_boxes: torch.Tensor, threshold: float) -> torch.Tensor:
    overlap, favourite = iou(boxes, true_boxes).max(dim=1)
    right, claimed = torch.zeros(len(boxes), dtype=torch.bool), []
    for _ in range(len(boxes)):
        place = int(score.argmax())
        score[place] = -math.inf
        if overlap[place] >= threshold and int(favourite[place]) not in claimed:
            right[place] = True
            claimed.append(int(favourite[place]))
    return right


def detection_ap(right: torch.Tensor, score: torch.Tensor, objects: int) -> float:
    """The average precision of these boxes (n,), when there are so many objects to find."""
    ranked = right[score.argsort(descending=True)]
    precision = ranked.cumsum(dim=0).double() / torch.arange(1, len(ranked) + 1)
    return precision[ranked].sum().item() / objects


# %% wrong="detections: squeezes the table of overlaps; breaks: it works for any size (one box), seen with one box and two true boxes"
def match(boxes: torch.Tensor, score: torch.Tensor, true_boxes: torch.Tensor, threshold: float) -> torch.Tensor:
    """For each box (n,) whether it is right."""
    overlap, favourite = iou(boxes, true_boxes).squeeze(0).max(dim=-1)
    right, claimed = torch.zeros(len(boxes), dtype=torch.bool), set()
    for place in score.argsort(descending=True).tolist():
        target = favourite[place].item()
        if overlap[place] >= threshold and target not in claimed:
            right[place] = True
            claimed.add(target)
    return right


def detection_ap(right: torch.Tensor, score: torch.Tensor, objects: int) -> float:
    """The average precision of these boxes (n,), when there are so many objects to find."""
    ranked = right[score.argsort(descending=True)]
    precision = ranked.cumsum(dim=0).double() / torch.arange(1, len(ranked) + 1)
    return precision[ranked].sum().item() / objects


# %% wrong="quantiles: rank from q / 100 * n rounds up one too far; breaks: the smallest number for which at least q percent are no larger, seen with q = 55 and 100 numbers"
def inverse_cdf(p: torch.Tensor, u: torch.Tensor) -> torch.Tensor:
    """For each height in u (n,) the smallest outcome k whose P(X <= k) is at least u."""
    below = (p.cumsum(dim=0) < u[:, None]).sum(dim=1)
    return below.clamp(max=len(p) - 1)


def percentile(x: torch.Tensor, q: float) -> float:
    return sorted(x.tolist())[math.ceil(q / 100 * len(x)) - 1]


# %% wrong="beta: numbers only; breaks: should also work entry by entry when the counts are tensors"
def posterior(a, b, heads, tails):
    """The parameters of the Beta law after these tosses, from the prior Beta(a, b)."""
    return a + heads, b + tails


def beta_moments(a, b):
    """Mean and variance of Beta(a, b)."""
    mean = float(a) / float(a + b)
    return mean, mean * (1 - mean) / (a + b + 1)


def beta_log_density(p: float, a: float, b: float) -> float:
    """The logarithm of the density of Beta(a, b) at p."""
    constant = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return constant + (a - 1) * math.log(p) + (b - 1) * math.log(1 - p)


# %% wrong="beta: logarithm of gamma overflows; breaks: products of large numbers are safer as sums of logarithms, seen with 160 heads and 40 tails"
def posterior(a, b, heads, tails):
    """The parameters of the Beta law after these tosses, from the prior Beta(a, b)."""
    return a + heads, b + tails


def beta_moments(a, b):
    """Mean and variance of Beta(a, b)."""
    mean = a / (a + b)
    return mean, mean * (1 - mean) / (a + b + 1)


def beta_log_density(p: float, a: float, b: float) -> float:
    """The logarithm of the density of Beta(a, b) at p."""
    constant = math.log(math.gamma(a + b)) - math.lgamma(a) - math.lgamma(b)
    return constant + (a - 1) * math.log(p) + (b - 1) * math.log(1 - p)


# %% wrong="estimates: shifted by the mean of the log weights; breaks: exp(log_p) may be larger than a float can hold, seen with one log weight 400 above the others"
def monte_carlo(values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The estimate of E[f(X)] from draws of X itself, and its standard error."""
    return values.mean(), values.std() / math.sqrt(len(values))


def importance(values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor) -> torch.Tensor:
    """The estimate of E_p[f(X)] from draws of q, with both densities known."""
    return (values * (log_p - log_q).exp()).mean()


def self_normalised(
    values: torch.Tensor, log_p: torch.Tensor, log_q: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """The estimate of E_p[f(X)] with p known up to a constant, and the effective sample size."""
    log_w = log_p - log_q
    w = (log_w - log_w.mean()).exp()
    return (w * values).sum() / w.sum(), w.sum() ** 2 / w.square().sum()


# %% wrong="metropolis: writes the state before the move; breaks: the chain has the n states after start, seen with n = 1 and every proposal accepted"
def metropolis(log_p, start: float, step: float, n: int) -> list[float]:
    """The n states after start of a chain whose long-run law has the log density log_p, up to a constant."""
    x, chain = start, []
    while len(chain) < n:
        chain.append(x)
        proposal = random.gauss(x, step)
        log_ratio = log_p(proposal) - log_p(x)
        if random.random() < math.exp(min(0.0, log_ratio)):
            x = proposal
    return chain


# %% wrong="metropolis: no minimum, so the exponential overflows; breaks: uphill always, seen with a start far away from a narrow peak"
def metropolis(log_p, start: float, step: float, n: int) -> list[float]:
    """The n states after start of a chain whose long-run law has the log density log_p, up to a constant."""
    x, chain = start, []
    while len(chain) < n:
        proposal = random.gauss(x, step)
        log_ratio = log_p(proposal) - log_p(x)
        if random.random() < math.exp(log_ratio):
            x = proposal
        chain.append(x)
    return chain


# %% wrong="roc: scores rounded to two digits; breaks: one point for each different score, seen with scores 0.501 and 0.502"
def roc(truth: torch.Tensor, score: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    score = (score * 100).round()
    says = score >= score.unique().flip(0)[:, None]
    false_alarms = (says & ~truth).sum(dim=1) / (~truth).sum()
    found = (says & truth).sum(dim=1) / truth.sum()
    return torch.cat([torch.zeros(1), false_alarms]), torch.cat([torch.zeros(1), found])


def auc(truth: torch.Tensor, score: torch.Tensor) -> float:
    """The area under the ROC curve."""
    positive, negative = score[truth][:, None], score[~truth]
    return ((positive > negative).double() + 0.5 * (positive == negative).double()).mean().item()
