# Answers as somebody would write who has read only the released notebook: what `course audit` grades and counts apart.
# No student sees them.


# %% right="mass: blanks filled with other spellings"
def binomial(k, n, p):
    return math.comb(n, n - k) * p**k * pow(1 - p, n - k)


def binomial_moments(n, p):
    return p * n, (1 - p) * p * n


def multinomial_mass(counts, p):
    same = math.prod(math.factorial(count) for count in counts)
    orders = math.factorial(sum(counts)) / same
    return orders * math.prod(chance**count for chance, count in zip(p, counts, strict=True))


# %% right="mass: a product of fractions for the orders"
def binomial(k, n, p):
    ways = 1.0
    for i in range(k):
        ways = ways * (n - i) / (i + 1)
    return ways * p**k * (1 - p) ** (n - k)


def binomial_moments(n, p):
    return n * p, n * p * (1 - p)


def multinomial_mass(counts, p):
    same = math.prod(math.factorial(count) for count in counts)
    orders = math.factorial(sum(counts)) / same
    return orders * math.prod(chance**count for chance, count in zip(p, counts, strict=True))


# %% right="mass: moments from the mass itself"
def binomial(k, n, p):
    return math.comb(n, k) * p**k * (1 - p) ** (n - k)


def binomial_moments(n, p):
    mass = [binomial(k, n, p) for k in range(n + 1)]
    mean = sum(k * m for k, m in enumerate(mass))
    return mean, sum((k - mean) ** 2 * m for k, m in enumerate(mass))


def multinomial_mass(counts, p):
    result = float(math.factorial(sum(counts)))
    for count, chance in zip(counts, p):
        result *= chance**count / math.factorial(count)
    return result


# %% wrong="mass: combinations of k by n"
def binomial(k, n, p):
    return math.perm(n, k) * p**k * (1 - p) ** (n - k)


def binomial_moments(n, p):
    return n * p, n * p * (1 - p)


def multinomial_mass(counts, p):
    same = math.prod(math.factorial(count) for count in counts)
    orders = math.factorial(sum(counts)) / same
    return orders * math.prod(chance**count for chance, count in zip(p, counts, strict=True))


# %% wrong="mass: success and failure exchanged"
def binomial(k, n, p):
    return math.comb(n, k) * (1 - p) ** k * p ** (n - k)


def binomial_moments(n, p):
    return n * p, n * p * (1 - p)


def multinomial_mass(counts, p):
    same = math.prod(math.factorial(count) for count in counts)
    orders = math.factorial(sum(counts)) / same
    return orders * math.prod(chance**count for chance, count in zip(p, counts, strict=True))


# %% wrong="mass: variance n p squared"
def binomial(k, n, p):
    return math.comb(n, k) * p**k * (1 - p) ** (n - k)


def binomial_moments(n, p):
    return n * p, n * p * p


def multinomial_mass(counts, p):
    same = math.prod(math.factorial(count) for count in counts)
    orders = math.factorial(sum(counts)) / same
    return orders * math.prod(chance**count for chance, count in zip(p, counts, strict=True))


# %% wrong="mass: variance of a share"
def binomial(k, n, p):
    return math.comb(n, k) * p**k * (1 - p) ** (n - k)


def binomial_moments(n, p):
    return n * p, p * (1 - p) / n


def multinomial_mass(counts, p):
    same = math.prod(math.factorial(count) for count in counts)
    orders = math.factorial(sum(counts)) / same
    return orders * math.prod(chance**count for chance, count in zip(p, counts, strict=True))


# %% wrong="mass: probabilities added up"
def binomial(k, n, p):
    return math.comb(n, k) * p**k * (1 - p) ** (n - k)


def binomial_moments(n, p):
    return n * p, n * p * (1 - p)


def multinomial_mass(counts, p):
    same = math.prod(math.factorial(count) for count in counts)
    return math.factorial(sum(counts)) / same * sum(chance**count for chance, count in zip(p, counts))


# %% wrong="mass: orders divided by the sum of factorials"
def binomial(k, n, p):
    return math.comb(n, k) * p**k * (1 - p) ** (n - k)


def binomial_moments(n, p):
    return n * p, n * p * (1 - p)


def multinomial_mass(counts, p):
    same = sum(math.factorial(count) for count in counts)
    return math.factorial(sum(counts)) / same * math.prod(c**k for c, k in zip(p, counts))


# %% right="quantiles: bisect"
def inverse_cdf(p, u):
    from bisect import bisect_left

    heights = p.double().cumsum(0).tolist()
    return [min(bisect_left(heights, v), len(p) - 1) for v in u.tolist()]


def percentile(x, q):
    return sorted(x.tolist())[math.ceil(q * len(x) / 100) - 1]


# %% right="quantiles: numpy"
def inverse_cdf(p, u):
    found = np.searchsorted(np.cumsum(p.numpy()), u.numpy(), side="left")
    return torch.from_numpy(np.minimum(found, len(p) - 1))


def percentile(x, q):
    values = np.sort(x.numpy())
    return float(values[int(np.ceil(len(values) * q / 100)) - 1])


# %% right="quantiles: argmax of the first that is enough, the last step made infinite"
def inverse_cdf(p, u):
    heights = p.cumsum(0)
    heights[-1] = float("inf")
    return (heights[None, :] >= u[:, None]).int().argmax(dim=1)


def percentile(x, q):
    return sorted(x.tolist())[math.ceil(q * len(x) / 100) - 1]


# %% right="quantiles: counting for the percentile"
def inverse_cdf(p, u):
    heights = p.cumsum(dim=0)
    return (heights < u[:, None]).sum(dim=1).clamp(max=len(p) - 1)


def percentile(x, q):
    enough = [v for v in x if 100 * (x <= v).sum() >= q * len(x)]
    return min(enough).item()


# %% wrong="quantiles: uniform heights ignored"
def inverse_cdf(p, u):
    return torch.distributions.Categorical(probs=p).sample((len(u),))


def percentile(x, q):
    return sorted(x.tolist())[math.ceil(q * len(x) / 100) - 1]


# %% wrong="quantiles: argmax finds 0 where no step is high enough"
def inverse_cdf(p, u):
    return (p.cumsum(0) >= u[:, None]).int().argmax(dim=1)


def percentile(x, q):
    return sorted(x.tolist())[math.ceil(q * len(x) / 100) - 1]


# %% wrong="quantiles: the CDF from the other end"
def inverse_cdf(p, u):
    heights = p.flip(0).cumsum(dim=0)
    return len(p) - 1 - (heights < u[:, None]).sum(dim=1).clamp(max=len(p) - 1)


def percentile(x, q):
    return sorted(x.tolist())[math.ceil(q * len(x) / 100) - 1]


# %% wrong="quantiles: steps counted from 1"
def inverse_cdf(p, u):
    return (p.cumsum(dim=0) < u[:, None]).sum(dim=1).clamp(max=len(p) - 1) + 1


def percentile(x, q):
    return sorted(x.tolist())[math.ceil(q * len(x) / 100) - 1]


# %% wrong="quantiles: rounded rank"
def inverse_cdf(p, u):
    heights = p.cumsum(dim=0)
    return (heights < u[:, None]).sum(dim=1).clamp(max=len(p) - 1)


def percentile(x, q):
    return sorted(x.tolist())[max(0, round(q * len(x) / 100) - 1)]


# %% wrong="quantiles: one rank too far"
def inverse_cdf(p, u):
    heights = p.cumsum(dim=0)
    return (heights < u[:, None]).sum(dim=1).clamp(max=len(p) - 1)


def percentile(x, q):
    return sorted(x.tolist())[min(len(x) - 1, math.floor(q * len(x) / 100))]


# %% wrong="quantiles: equal numbers counted once"
def inverse_cdf(p, u):
    heights = p.cumsum(dim=0)
    return (heights < u[:, None]).sum(dim=1).clamp(max=len(p) - 1)


def percentile(x, q):
    x = x.unique()
    return x[math.ceil(q * len(x) / 100) - 1].item()


# %% wrong="quantiles: sorts in place"
def inverse_cdf(p, u):
    heights = p.cumsum(dim=0)
    return (heights < u[:, None]).sum(dim=1).clamp(max=len(p) - 1)


def percentile(x, q):
    x[:] = x.sort().values
    return x[math.ceil(q * len(x) / 100) - 1].item()


# %% right="categorical: a tuple from a list, and a difference"
from torch.distributions import Categorical


def draw_classes(scores, n):
    return Categorical(logits=scores).sample([n])


def surprise_at(scores, classes):
    rows = torch.arange(len(scores))
    return scores.logsumexp(dim=1) - scores[rows, classes]


# %% right="categorical: the Gumbel trick"
def draw_classes(scores, n):
    noise = -torch.log(-torch.log(torch.rand(n, *scores.shape).clamp(1e-20, 1 - 1e-7)))
    return (scores + noise).argmax(dim=-1)


def surprise_at(scores, classes):
    return -torch.log_softmax(scores, 1)[range(len(classes)), classes]


# %% right="categorical: a stack of single draws"
from torch.distributions import Categorical


def draw_classes(scores, n):
    law = Categorical(logits=scores)
    return torch.stack([law.sample() for _ in range(n)])


def surprise_at(scores, classes):
    law = Categorical(logits=scores)
    return -law.log_prob(classes)


# %% wrong="categorical: the most probable class every time"
from torch.distributions import Categorical


def draw_classes(scores, n):
    return scores.argmax(dim=1).expand(n, -1)


def surprise_at(scores, classes):
    law = Categorical(logits=scores)
    return -law.log_prob(classes)


# %% wrong="categorical: all classes equally likely"
from torch.distributions import Categorical


def draw_classes(scores, n):
    return torch.randint(scores.shape[1], (n, scores.shape[0]))


def surprise_at(scores, classes):
    law = Categorical(logits=scores)
    return -law.log_prob(classes)


# %% wrong="categorical: softmax taken for logits"
from torch.distributions import Categorical


def draw_classes(scores, n):
    return Categorical(logits=scores.softmax(dim=1)).sample((n,))


def surprise_at(scores, classes):
    law = Categorical(logits=scores)
    return -law.log_prob(classes)


# %% wrong="categorical: every row by the first law"
from torch.distributions import Categorical


def draw_classes(scores, n):
    return Categorical(logits=scores[:1].expand_as(scores)).sample((n,))


def surprise_at(scores, classes):
    law = Categorical(logits=scores)
    return -law.log_prob(classes)


# %% wrong="categorical: seeded for the sake of repeatability"
from torch.distributions import Categorical


def draw_classes(scores, n):
    torch.manual_seed(0)
    return Categorical(logits=scores).sample((n,))


def surprise_at(scores, classes):
    law = Categorical(logits=scores)
    return -law.log_prob(classes)


# %% wrong="categorical: probability for surprise"
from torch.distributions import Categorical


def draw_classes(scores, n):
    law = Categorical(logits=scores)
    return law.sample((n,))


def surprise_at(scores, classes):
    return Categorical(logits=scores).log_prob(classes).exp()


# %% wrong="categorical: a mean over the rows"
from torch.distributions import Categorical


def draw_classes(scores, n):
    law = Categorical(logits=scores)
    return law.sample((n,))


def surprise_at(scores, classes):
    return F.cross_entropy(scores, classes)


# %% wrong="categorical: the softmax over the rows"
from torch.distributions import Categorical


def draw_classes(scores, n):
    law = Categorical(logits=scores)
    return law.sample((n,))


def surprise_at(scores, classes):
    return -scores.log_softmax(dim=0).gather(1, classes[:, None])[:, 0]


# %% right="moments: straight from the text"
def expectation(g, values, p):
    return sum(w * g(v) for v, w in zip(values.tolist(), p.tolist()))


def moments(values, p):
    mean = expectation(lambda v: v, values, p)
    central = [expectation(lambda v: (v - mean) ** k, values, p) for k in (2, 3, 4)]
    return mean, central[0], central[1] / central[0] ** 1.5, central[2] / central[0] ** 2


# %% right="moments: numpy's weighted averages"
def expectation(g, values, p):
    return sum(w * g(v) for v, w in zip(values.tolist(), p.tolist()))


def moments(values, p):
    v, w = values.double().numpy(), p.double().numpy()
    mean = np.average(v, weights=w)
    var = np.average((v - mean) ** 2, weights=w)
    z = (v - mean) / np.sqrt(var)
    return float(mean), float(var), float(np.average(z**3, weights=w)), float(np.average(z**4, weights=w))


# %% right="moments: math.fsum and list comprehensions"
def expectation(g, values, p):
    return math.fsum([g(float(values[i])) * float(p[i]) for i in range(len(p))])


def moments(values, p):
    mean = expectation(lambda v: v, values, p)
    central = [expectation(lambda v: (v - mean) ** k, values, p) for k in (2, 3, 4)]
    return mean, central[0], central[1] / central[0] ** 1.5, central[2] / central[0] ** 2


# %% wrong="moments: divided by the number of values"
def expectation(g, values, p):
    return sum(w * g(v) for v, w in zip(values.tolist(), p.tolist())) / len(p)


def moments(values, p):
    mean = expectation(lambda v: v, values, p)
    central = [expectation(lambda v: (v - mean) ** k, values, p) for k in (2, 3, 4)]
    return mean, central[0], central[1] / central[0] ** 1.5, central[2] / central[0] ** 2


# %% wrong="moments: the probabilities inside the function"
def expectation(g, values, p):
    return sum(g(v * w) for v, w in zip(values.tolist(), p.tolist()))


def moments(values, p):
    mean = expectation(lambda v: v, values, p)
    central = [expectation(lambda v: (v - mean) ** k, values, p) for k in (2, 3, 4)]
    return mean, central[0], central[1] / central[0] ** 1.5, central[2] / central[0] ** 2


# %% wrong="moments: the deviation for the variance"
def expectation(g, values, p):
    return sum(w * g(v) for v, w in zip(values.tolist(), p.tolist()))


def moments(values, p):
    mean = expectation(lambda v: v, values, p)
    sd = math.sqrt(expectation(lambda v: (v - mean) ** 2, values, p))
    return (
        mean,
        sd,
        expectation(lambda v: ((v - mean) / sd) ** 3, values, p),
        expectation(lambda v: ((v - mean) / sd) ** 4, values, p),
    )


# %% wrong="moments: E[X²] without the square of the mean"
def expectation(g, values, p):
    return sum(w * g(v) for v, w in zip(values.tolist(), p.tolist()))


def moments(values, p):
    mean = expectation(lambda v: v, values, p)
    var = expectation(lambda v: v**2, values, p)
    sd = math.sqrt(var)
    return (
        mean,
        var,
        expectation(lambda v: ((v - mean) / sd) ** 3, values, p),
        expectation(lambda v: ((v - mean) / sd) ** 4, values, p),
    )


# %% wrong="moments: skewness without its sign"
def expectation(g, values, p):
    return sum(w * g(v) for v, w in zip(values.tolist(), p.tolist()))


def moments(values, p):
    mean = expectation(lambda v: v, values, p)
    central = [expectation(lambda v: abs(v - mean) ** k, values, p) for k in (2, 3, 4)]
    return mean, central[0], central[1] / central[0] ** 1.5, central[2] / central[0] ** 2


# %% wrong="moments: kurtosis divided by the variance only"
def expectation(g, values, p):
    return sum(w * g(v) for v, w in zip(values.tolist(), p.tolist()))


def moments(values, p):
    mean = expectation(lambda v: v, values, p)
    central = [expectation(lambda v: (v - mean) ** k, values, p) for k in (2, 3, 4)]
    return mean, central[0], central[1] / central[0] ** 1.5, central[2] / central[0]


# %% wrong="moments: tensors returned"
def expectation(g, values, p):
    return sum(w * g(v) for v, w in zip(values.tolist(), p.tolist()))


def moments(values, p):
    mean = (values * p).sum()
    var = ((values - mean) ** 2 * p).sum()
    z = (values - mean) / var.sqrt()
    return mean, var, (z**3 * p).sum(), (z**4 * p).sum()


# %% right="gaussian: blanks with other spellings"
def log_normal(x, mean, cov):
    away = x - mean
    distance = (away @ cov.inverse() * away).sum(dim=1)
    return -0.5 * (distance + torch.logdet(cov) + len(mean) * math.log(2 * math.pi))


def share_between(low, high, mean, std):
    below = lambda x: 0.5 * (1 + math.erf((x - mean) / std / 2**0.5))
    return -below(low) + below(high)


def combined(w, mean, cov):
    return w @ mean, (w @ cov @ w).sqrt()


# %% right="gaussian: Cholesky"
def log_normal(x, mean, cov):
    lower = torch.linalg.cholesky(cov)
    z = torch.linalg.solve_triangular(lower, (x - mean).T, upper=False)
    return -0.5 * z.square().sum(0) - lower.diagonal().log().sum() - 0.5 * x.shape[1] * math.log(2 * math.pi)


def share_between(low, high, mean, std):
    below = lambda x: 0.5 * (1 + math.erf((x - mean) / (std * math.sqrt(2))))
    return below(high) - below(low)


def combined(w, mean, cov):
    return w @ mean, (w @ cov @ w).sqrt()


# %% right="gaussian: row by row"
def log_normal(x, mean, cov):
    precision = torch.linalg.inv(cov)
    rows = [-(row - mean) @ precision @ (row - mean) / 2 for row in x]
    return torch.stack(rows) - (cov.logdet() + x.shape[1] * math.log(2 * math.pi)) / 2


def share_between(low, high, mean, std):
    below = lambda x: 0.5 * (1 + math.erf((x - mean) / (std * math.sqrt(2))))
    return below(high) - below(low)


def combined(w, mean, cov):
    variance = sum(w[i] * w[j] * cov[i, j] for i in range(len(w)) for j in range(len(w)))
    return (w * mean).sum(), variance**0.5


# %% wrong="gaussian: the sign of the log determinant"
def log_normal(x, mean, cov):
    away = x - mean
    distance = (away @ torch.linalg.inv(cov) * away).sum(dim=1)
    return -0.5 * (distance - torch.logdet(cov) + x.shape[1] * math.log(2 * math.pi))


def share_between(low, high, mean, std):
    below = lambda x: 0.5 * (1 + math.erf((x - mean) / (std * math.sqrt(2))))
    return below(high) - below(low)


def combined(w, mean, cov):
    return w @ mean, (w @ cov @ w).sqrt()


# %% wrong="gaussian: no factor one half"
def log_normal(x, mean, cov):
    away = x - mean
    distance = (away @ torch.linalg.inv(cov) * away).sum(dim=1)
    return -(distance + torch.logdet(cov) + x.shape[1] * math.log(2 * math.pi))


def share_between(low, high, mean, std):
    below = lambda x: 0.5 * (1 + math.erf((x - mean) / (std * math.sqrt(2))))
    return below(high) - below(low)


def combined(w, mean, cov):
    return w @ mean, (w @ cov @ w).sqrt()


# %% wrong="gaussian: the number of rows for the dimension"
def log_normal(x, mean, cov):
    away = x - mean
    distance = (away @ torch.linalg.inv(cov) * away).sum(dim=1)
    return -0.5 * (distance + torch.logdet(cov) + x.shape[0] * math.log(2 * math.pi))


def share_between(low, high, mean, std):
    below = lambda x: 0.5 * (1 + math.erf((x - mean) / (std * math.sqrt(2))))
    return below(high) - below(low)


def combined(w, mean, cov):
    return w @ mean, (w @ cov @ w).sqrt()


# %% wrong="gaussian: the density itself"
def log_normal(x, mean, cov):
    return torch.distributions.MultivariateNormal(mean, cov).log_prob(x).exp()


def share_between(low, high, mean, std):
    below = lambda x: 0.5 * (1 + math.erf((x - mean) / (std * math.sqrt(2))))
    return below(high) - below(low)


def combined(w, mean, cov):
    return w @ mean, (w @ cov @ w).sqrt()


# %% wrong="gaussian: only the variances of cov"
def log_normal(x, mean, cov):
    away = x - mean
    distance = (away**2 / cov.diagonal()).sum(dim=1)
    return -0.5 * (distance + cov.diagonal().log().sum() + x.shape[1] * math.log(2 * math.pi))


def share_between(low, high, mean, std):
    below = lambda x: 0.5 * (1 + math.erf((x - mean) / (std * math.sqrt(2))))
    return below(high) - below(low)


def combined(w, mean, cov):
    return w @ mean, (w @ cov @ w).sqrt()


# %% wrong="gaussian: bounds exchanged"
def log_normal(x, mean, cov):
    away = x - mean
    distance = (away @ torch.linalg.inv(cov) * away).sum(dim=1)
    return -0.5 * (distance + torch.logdet(cov) + x.shape[1] * math.log(2 * math.pi))


def share_between(low, high, mean, std):
    below = lambda x: 0.5 * (1 + math.erf((x - mean) / (std * math.sqrt(2))))
    return below(low) - below(high)


def combined(w, mean, cov):
    return w @ mean, (w @ cov @ w).sqrt()


# %% wrong="gaussian: the mean not taken away"
def log_normal(x, mean, cov):
    away = x - mean
    distance = (away @ torch.linalg.inv(cov) * away).sum(dim=1)
    return -0.5 * (distance + torch.logdet(cov) + x.shape[1] * math.log(2 * math.pi))


def share_between(low, high, mean, std):
    below = lambda x: 0.5 * (1 + math.erf(x / (std * math.sqrt(2))))
    return below(high) - below(low)


def combined(w, mean, cov):
    return w @ mean, (w @ cov @ w).sqrt()


# %% wrong="gaussian: deviations added up"
def log_normal(x, mean, cov):
    away = x - mean
    distance = (away @ torch.linalg.inv(cov) * away).sum(dim=1)
    return -0.5 * (distance + torch.logdet(cov) + x.shape[1] * math.log(2 * math.pi))


def share_between(low, high, mean, std):
    below = lambda x: 0.5 * (1 + math.erf((x - mean) / (std * math.sqrt(2))))
    return below(high) - below(low)


def combined(w, mean, cov):
    return w @ mean, w @ cov.diagonal().sqrt()


# %% right="fit: straight from the formula"
def nll(x, mean, log_std):
    std = log_std.exp()
    return log_std + 0.5 * math.log(2 * math.pi) + ((x - mean) ** 2).mean() / (2 * std**2)


def fit_normal(x):
    return x.mean(), x.var(unbiased=False).sqrt()


# %% right="fit: the mean of single terms"
def nll(x, mean, log_std):
    terms = log_std + 0.5 * math.log(2 * math.pi) + (x - mean) ** 2 / (2 * torch.exp(log_std) ** 2)
    return torch.mean(terms)


def fit_normal(x):
    m = torch.mean(x)
    return m, torch.sqrt(torch.mean((x - m) ** 2))


# %% right="fit: F.gaussian_nll_loss"
def nll(x, mean, log_std):
    var = (2 * log_std).exp().expand_as(x)
    return F.gaussian_nll_loss(mean.expand_as(x), x, var, full=True, eps=1e-12)


def fit_normal(x):
    return x.mean(), torch.std(x, correction=0)


# %% wrong="fit: the variance returned"
def nll(x, mean, log_std):
    std = log_std.exp()
    return log_std + 0.5 * math.log(2 * math.pi) + ((x - mean) ** 2).mean() / (2 * std**2)


def fit_normal(x):
    return x.mean(), x.var(unbiased=False)


# %% wrong="fit: deviation with n − 1, by hand"
def nll(x, mean, log_std):
    std = log_std.exp()
    return log_std + 0.5 * math.log(2 * math.pi) + ((x - mean) ** 2).mean() / (2 * std**2)


def fit_normal(x):
    m = x.mean()
    return m, (((x - m) ** 2).sum() / max(1, len(x) - 1)).sqrt()


# %% wrong="fit: the logarithm of the deviation returned"
def nll(x, mean, log_std):
    std = log_std.exp()
    return log_std + 0.5 * math.log(2 * math.pi) + ((x - mean) ** 2).mean() / (2 * std**2)


def fit_normal(x):
    return x.mean(), x.std(correction=0).log()


# %% wrong="fit: the likelihood, not its negative"
def nll(x, mean, log_std):
    return -(log_std + 0.5 * math.log(2 * math.pi) + 0.5 * (((x - mean) / log_std.exp()) ** 2).mean())


def fit_normal(x):
    return x.mean(), x.var(unbiased=False).sqrt()


# %% wrong="fit: one σ too few"
def nll(x, mean, log_std):
    return log_std + 0.5 * math.log(2 * math.pi) + ((x - mean) ** 2).mean() / (2 * log_std.exp())


def fit_normal(x):
    return x.mean(), x.var(unbiased=False).sqrt()


# %% wrong="fit: numbers taken out of the graph"
def nll(x, mean, log_std):
    m, s = mean.item(), log_std.item()
    return torch.tensor(s + 0.5 * math.log(2 * math.pi) + 0.5 * (((x - m) / math.exp(s)) ** 2).mean().item())


def fit_normal(x):
    return x.mean(), x.var(unbiased=False).sqrt()


# %% wrong="fit: the mean's gradient cut"
def nll(x, mean, log_std):
    return log_std + 0.5 * math.log(2 * math.pi) + 0.5 * (((x - mean.detach()) / log_std.exp()) ** 2).mean()


def fit_normal(x):
    return x.mean(), x.var(unbiased=False).sqrt()


# %% right="beta: blanks in another order"
def posterior(a, b, heads, tails):
    return heads + a, tails + b


def beta_moments(a, b):
    mean = a / (b + a)
    return mean, mean * (1 - mean) / (1 + a + b)


def beta_log_density(p, a, b):
    constant = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return constant + (a - 1) * math.log(p) + (b - 1) * math.log(1 - p)


# %% right="beta: log1p"
def posterior(a, b, heads, tails):
    return a + heads, b + tails


def beta_moments(a, b):
    mean = a / (a + b)
    return mean, mean * (1 - mean) / (a + b + 1)


def beta_log_density(p, a, b):
    constant = math.lgamma(b + a) - (math.lgamma(a) + math.lgamma(b))
    return constant + math.log(p) * (a - 1) + math.log1p(-p) * (b - 1)


# %% wrong="beta: through gamma itself, which overflows after 200 tosses"
def posterior(a, b, heads, tails):
    return a + heads, b + tails


def beta_moments(a, b):
    mean = a / (a + b)
    return mean, mean * (1 - mean) / (a + b + 1)


def beta_log_density(p, a, b):
    constant = math.log(math.gamma(a + b)) - math.log(math.gamma(a)) - math.log(math.gamma(b))
    return constant + math.log(p ** (a - 1)) + math.log((1 - p) ** (b - 1))


# %% wrong="beta: prior forgotten"
def posterior(a, b, heads, tails):
    return 1 + heads, 1 + tails


def beta_moments(a, b):
    mean = a / (a + b)
    return mean, mean * (1 - mean) / (a + b + 1)


def beta_log_density(p, a, b):
    constant = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return constant + (a - 1) * math.log(p) + (b - 1) * math.log(1 - p)


# %% wrong="beta: total in place of tails"
def posterior(a, b, heads, tails):
    return a + heads, b + heads + tails


def beta_moments(a, b):
    mean = a / (a + b)
    return mean, mean * (1 - mean) / (a + b + 1)


def beta_log_density(p, a, b):
    constant = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return constant + (a - 1) * math.log(p) + (b - 1) * math.log(1 - p)


# %% wrong="beta: mode for mean"
def posterior(a, b, heads, tails):
    return a + heads, b + tails


def beta_moments(a, b):
    mean = (a - 1) / (a + b - 2)
    return mean, mean * (1 - mean) / (a + b + 1)


def beta_log_density(p, a, b):
    constant = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return constant + (a - 1) * math.log(p) + (b - 1) * math.log(1 - p)


# %% wrong="beta: mean of tails"
def posterior(a, b, heads, tails):
    return a + heads, b + tails


def beta_moments(a, b):
    mean = b / (a + b)
    return mean, mean * (1 - mean) / (a + b + 1)


def beta_log_density(p, a, b):
    constant = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return constant + (a - 1) * math.log(p) + (b - 1) * math.log(1 - p)


# %% wrong="beta: deviation"
def posterior(a, b, heads, tails):
    return a + heads, b + tails


def beta_moments(a, b):
    mean = a / (a + b)
    return mean, (mean * (1 - mean) / (a + b + 1)) ** 0.5


def beta_log_density(p, a, b):
    constant = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return constant + (a - 1) * math.log(p) + (b - 1) * math.log(1 - p)


# %% wrong="beta: log of p twice"
def posterior(a, b, heads, tails):
    return a + heads, b + tails


def beta_moments(a, b):
    mean = a / (a + b)
    return mean, mean * (1 - mean) / (a + b + 1)


def beta_log_density(p, a, b):
    constant = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return constant + (a - 1) * math.log(p) + (b - 1) * math.log(p)


# %% wrong="beta: no constant"
def posterior(a, b, heads, tails):
    return a + heads, b + tails


def beta_moments(a, b):
    mean = a / (a + b)
    return mean, mean * (1 - mean) / (a + b + 1)


def beta_log_density(p, a, b):
    return (a - 1) * math.log(p) + (b - 1) * math.log(1 - p)


# %% wrong="beta: counts added in place"
def posterior(a, b, heads, tails):
    if isinstance(heads, torch.Tensor):
        heads += int(a)
        return heads, tails + b
    return a + heads, b + tails


def beta_moments(a, b):
    mean = a / (a + b)
    return mean, mean * (1 - mean) / (a + b + 1)


def beta_log_density(p, a, b):
    constant = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return constant + (a - 1) * math.log(p) + (b - 1) * math.log(1 - p)


# %% right="shrink: residual with the feature put back"
def ridge(x, y, penalty):
    d = x.shape[1]
    return torch.linalg.solve(x.T @ x + penalty * torch.eye(d, dtype=torch.float64), x.T @ y)


def lasso(x, y, penalty):
    w = torch.zeros(x.shape[1], dtype=torch.float64)
    for _ in range(600):
        for j in range(x.shape[1]):
            others = y - x @ w + x[:, j] * w[j]
            rho = x[:, j].dot(others).item()
            size = max(abs(rho) - penalty, 0.0)
            w[j] = math.copysign(size, rho) / x[:, j].dot(x[:, j]) if size else 0.0
    return w


# %% right="shrink: until nothing moves"
def ridge(x, y, penalty):
    d = x.shape[1]
    return torch.linalg.solve(x.T @ x + penalty * torch.eye(d, dtype=torch.float64), x.T @ y)


def lasso(x, y, penalty):
    squares = (x * x).sum(dim=0)
    w = torch.zeros_like(x[0])
    for _ in range(10_000):
        before = w.clone()
        for j in range(len(w)):
            rest = torch.cat([torch.arange(j), torch.arange(j + 1, len(w))])
            rho = x[:, j] @ (y - x[:, rest] @ w[rest])
            w[j] = F.softshrink(rho, penalty) / squares[j]
        if (w - before).abs().max() < 1e-12:
            break
    return w


# %% right="shrink: a residual kept up to date, ridge by SVD"
def ridge(x, y, penalty):
    u, s, vt = torch.linalg.svd(x, full_matrices=False)
    return vt.T @ (s / (s**2 + penalty) * (u.T @ y))


def lasso(x, y, penalty):
    w, r = torch.zeros(x.shape[1]).double(), y.clone()
    norms = x.square().sum(0)
    for _ in range(800):
        for j in range(len(w)):
            old = w[j].clone()
            rho = x[:, j] @ r + norms[j] * old
            w[j] = torch.sign(rho) * torch.relu(rho.abs() - penalty) / norms[j]
            r = r - x[:, j] * (w[j] - old)
    return w


# %% wrong="shrink: ridge without a penalty"
def ridge(x, y, penalty):
    return torch.linalg.lstsq(x, y).solution


def lasso(x, y, penalty):
    w = torch.zeros(x.shape[1], dtype=torch.float64)
    for _ in range(600):
        for j in range(x.shape[1]):
            others = y - x @ w + x[:, j] * w[j]
            rho = x[:, j].dot(others).item()
            size = max(abs(rho) - penalty, 0.0)
            w[j] = math.copysign(size, rho) / x[:, j].dot(x[:, j]) if size else 0.0
    return w


# %% wrong="shrink: ridge with half the penalty"
def ridge(x, y, penalty):
    d = x.shape[1]
    return torch.linalg.solve(x.T @ x + penalty / 2 * torch.eye(d).double(), x.T @ y)


def lasso(x, y, penalty):
    w = torch.zeros(x.shape[1], dtype=torch.float64)
    for _ in range(600):
        for j in range(x.shape[1]):
            others = y - x @ w + x[:, j] * w[j]
            rho = x[:, j].dot(others).item()
            size = max(abs(rho) - penalty, 0.0)
            w[j] = math.copysign(size, rho) / x[:, j].dot(x[:, j]) if size else 0.0
    return w


# %% wrong="shrink: the penalty added to every entry"
def ridge(x, y, penalty):
    return torch.linalg.solve(x.T @ x + penalty, x.T @ y)


def lasso(x, y, penalty):
    w = torch.zeros(x.shape[1], dtype=torch.float64)
    for _ in range(600):
        for j in range(x.shape[1]):
            others = y - x @ w + x[:, j] * w[j]
            rho = x[:, j].dot(others).item()
            size = max(abs(rho) - penalty, 0.0)
            w[j] = math.copysign(size, rho) / x[:, j].dot(x[:, j]) if size else 0.0
    return w


# %% wrong="shrink: the feature not taken out of the residual"
def ridge(x, y, penalty):
    d = x.shape[1]
    return torch.linalg.solve(x.T @ x + penalty * torch.eye(d, dtype=torch.float64), x.T @ y)


def lasso(x, y, penalty):
    w = torch.zeros(x.shape[1], dtype=torch.float64)
    for _ in range(600):
        for j in range(len(w)):
            rho = x[:, j] @ (y - x @ w)
            w[j] = rho.sign() * (rho.abs() - penalty).clamp(min=0) / (x[:, j] @ x[:, j])
    return w


# %% wrong="shrink: not divided by the square"
def ridge(x, y, penalty):
    d = x.shape[1]
    return torch.linalg.solve(x.T @ x + penalty * torch.eye(d, dtype=torch.float64), x.T @ y)


def lasso(x, y, penalty):
    w = torch.zeros(x.shape[1], dtype=torch.float64)
    for _ in range(100):
        for j in range(len(w)):
            w[j] = 0.0
            rho = x[:, j] @ (y - x @ w)
            w[j] = rho.sign() * (rho.abs() - penalty).clamp(min=0)
        w = w.clamp(-1e6, 1e6)
    return w


# %% wrong="shrink: the cut comes after the division"
def ridge(x, y, penalty):
    d = x.shape[1]
    return torch.linalg.solve(x.T @ x + penalty * torch.eye(d, dtype=torch.float64), x.T @ y)


def lasso(x, y, penalty):
    w = torch.zeros(x.shape[1], dtype=torch.float64)
    for _ in range(300):
        for j in range(len(w)):
            w[j] = 0.0
            rho = x[:, j] @ (y - x @ w) / (x[:, j] @ x[:, j])
            w[j] = rho.sign() * (rho.abs() - penalty).clamp(min=0)
    return w


# %% wrong="shrink: small weights cut, large ones not pulled"
def ridge(x, y, penalty):
    d = x.shape[1]
    return torch.linalg.solve(x.T @ x + penalty * torch.eye(d, dtype=torch.float64), x.T @ y)


def lasso(x, y, penalty):
    w = torch.zeros(x.shape[1], dtype=torch.float64)
    for _ in range(300):
        for j in range(len(w)):
            w[j] = 0.0
            rho = x[:, j] @ (y - x @ w)
            w[j] = rho * (rho.abs() > penalty) / (x[:, j] @ x[:, j])
    return w


# %% wrong="shrink: ten rounds"
def ridge(x, y, penalty):
    d = x.shape[1]
    return torch.linalg.solve(x.T @ x + penalty * torch.eye(d, dtype=torch.float64), x.T @ y)


def lasso(x, y, penalty):
    w = torch.zeros(x.shape[1], dtype=torch.float64)
    for _ in range(2):
        for j in range(len(w)):
            w[j] = 0.0
            rho = x[:, j] @ (y - x @ w)
            w[j] = rho.sign() * (rho.abs() - penalty).clamp(min=0) / (x[:, j] @ x[:, j])
    return w


# %% right="information: masks"
def entropy(p):
    q = p[p > 0]
    return -(q * q.log()).sum()


def cross_entropy(p, q):
    keep = p > 0
    return -(p[keep] * q[keep].log()).sum()


def kl(p, q):
    keep = p > 0
    return (p[keep] * (p[keep] / q[keep]).log()).sum()


# %% right="information: nan_to_num where the probability is zero"
def entropy(p):
    return -torch.nan_to_num(p * p.log(), nan=0.0).sum()


def cross_entropy(p, q):
    terms = torch.where(p == 0, torch.zeros_like(p), -p * torch.log(q))
    return terms.sum()


def kl(p, q):
    keep = p > 0
    return (p[keep] * (p[keep] / q[keep]).log()).sum()


# %% right="information: torch.special.entr"
def entropy(p):
    return torch.special.entr(p).sum()


def cross_entropy(p, q):
    keep = p > 0
    return -(p[keep] * q[keep].log()).sum()


def kl(p, q):
    return cross_entropy(p, q) - entropy(p)


# %% wrong="information: absolute value of the divergence's terms"
def entropy(p):
    q = p[p > 0]
    return -(q * q.log()).sum()


def cross_entropy(p, q):
    keep = p > 0
    return -(p[keep] * q[keep].log()).sum()


def kl(p, q):
    keep = p > 0
    return (p[keep] * (p[keep] / q[keep]).log().abs()).sum()


# %% wrong="information: weighted with q"
def entropy(p):
    q = p[p > 0]
    return -(q * q.log()).sum()


def cross_entropy(p, q):
    keep = p > 0
    return -(q[keep] * p[keep].log()).sum()


def kl(p, q):
    keep = p > 0
    return (p[keep] * (p[keep] / q[keep]).log()).sum()


# %% wrong="information: nan becomes zero, infinity a large number"
def entropy(p):
    q = p[p > 0]
    return -(q * q.log()).sum()


def cross_entropy(p, q):
    return -torch.nan_to_num(p * q.log()).sum()


def kl(p, q):
    return cross_entropy(p, q) - entropy(p)


# %% wrong="information: the divergence is the cross-entropy"
def entropy(p):
    q = p[p > 0]
    return -(q * q.log()).sum()


def cross_entropy(p, q):
    keep = p > 0
    return -(p[keep] * q[keep].log()).sum()


def kl(p, q):
    return cross_entropy(p, q)


# %% wrong="information: the divergence made symmetric"
def entropy(p):
    q = p[p > 0]
    return -(q * q.log()).sum()


def cross_entropy(p, q):
    keep = p > 0
    return -(p[keep] * q[keep].log()).sum()


def kl(p, q):
    keep = (p > 0) & (q > 0)
    return 0.5 * ((p - q)[keep] * (p[keep] / q[keep]).log()).sum()


# %% wrong="information: clamped probabilities"
def entropy(p):
    q = p[p > 0]
    return -(q * q.log()).sum()


def cross_entropy(p, q):
    return -(p * q.clamp(min=1e-8).log()).sum()


def kl(p, q):
    keep = p > 0
    return (p[keep] * (p[keep] / q[keep]).log()).sum()


# %% wrong="information: the entropy without its sign"
def entropy(p):
    q = p[p > 0]
    return (q * q.log()).sum()


def cross_entropy(p, q):
    keep = p > 0
    return -(p[keep] * q[keep].log()).sum()


def kl(p, q):
    keep = p > 0
    return (p[keep] * (p[keep] / q[keep]).log()).sum()


# %% wrong="information: the softmax of p first"
def entropy(p):
    return torch.distributions.Categorical(logits=p).entropy()


def cross_entropy(p, q):
    keep = p > 0
    return -(p[keep] * q[keep].log()).sum()


def kl(p, q):
    keep = p > 0
    return (p[keep] * (p[keep] / q[keep]).log()).sum()


# %% right="perplexities: reshape"
def token_loss(logits, targets):
    return F.cross_entropy(logits.reshape(-1, logits.size(-1)), targets.reshape(-1))


def perplexity(logits, targets):
    return torch.exp(F.cross_entropy(logits.reshape(-1, logits.size(-1)), targets.reshape(-1)))


def bits_per_token(logits, targets):
    return token_loss(logits, targets) / math.log(2)


def first_loss(vocabulary):
    return math.log(vocabulary)


# %% right="perplexities: permute"
def token_loss(logits, targets):
    return F.cross_entropy(logits.permute(0, 2, 1), targets, reduction="mean")


def perplexity(logits, targets):
    return token_loss(logits, targets).exp()


def bits_per_token(logits, targets):
    return torch.log2(perplexity(logits, targets))


def first_loss(vocabulary):
    return math.log(vocabulary)


# %% right="perplexities: nll of a distribution"
def token_loss(logits, targets):
    return -torch.distributions.Categorical(logits=logits).log_prob(targets).mean()


def perplexity(logits, targets):
    return token_loss(logits, targets).exp()


def bits_per_token(logits, targets):
    return token_loss(logits, targets) / math.log(2)


def first_loss(vocabulary):
    return float(np.log(vocabulary))


# %% wrong="perplexities: the exponential of bits"
def token_loss(logits, targets):
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


def perplexity(logits, targets):
    return bits_per_token(logits, targets).exp()


def bits_per_token(logits, targets):
    return token_loss(logits, targets) / math.log(2)


def first_loss(vocabulary):
    return math.log(vocabulary)


# %% wrong="perplexities: perplexity of the last place only"
def token_loss(logits, targets):
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


def perplexity(logits, targets):
    return F.cross_entropy(logits[:, -1], targets[:, -1]).exp()


def bits_per_token(logits, targets):
    return token_loss(logits, targets) / math.log(2)


def first_loss(vocabulary):
    return math.log(vocabulary)


# %% wrong="perplexities: one number for each sequence"
def token_loss(logits, targets):
    return F.cross_entropy(logits.transpose(1, 2), targets, reduction="none").mean(dim=1)


def perplexity(logits, targets):
    return token_loss(logits, targets).exp()


def bits_per_token(logits, targets):
    return token_loss(logits, targets) / math.log(2)


def first_loss(vocabulary):
    return math.log(vocabulary)


# %% wrong="perplexities: divided by log 10"
def token_loss(logits, targets):
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


def perplexity(logits, targets):
    return token_loss(logits, targets).exp()


def bits_per_token(logits, targets):
    return token_loss(logits, targets) / math.log(10)


def first_loss(vocabulary):
    return math.log(vocabulary)


# %% wrong="perplexities: the vocabulary itself"
def token_loss(logits, targets):
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


def perplexity(logits, targets):
    return token_loss(logits, targets).exp()


def bits_per_token(logits, targets):
    return token_loss(logits, targets) / math.log(2)


def first_loss(vocabulary):
    return float(vocabulary)


# %% wrong="perplexities: a base of 2"
def token_loss(logits, targets):
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


def perplexity(logits, targets):
    return token_loss(logits, targets).exp()


def bits_per_token(logits, targets):
    return token_loss(logits, targets) / math.log(2)


def first_loss(vocabulary):
    return math.log2(vocabulary)


# %% wrong="perplexities: no gradient"
def token_loss(logits, targets):
    return F.cross_entropy(logits.detach().flatten(0, 1), targets.flatten())


def perplexity(logits, targets):
    return token_loss(logits, targets).exp()


def bits_per_token(logits, targets):
    return token_loss(logits, targets) / math.log(2)


def first_loss(vocabulary):
    return math.log(vocabulary)


# %% right="mutual: outer product, and a difference of entropies"
def mutual_information(joint):
    apart = torch.outer(joint.sum(1), joint.sum(0))
    keep = joint > 0
    return (joint[keep] * torch.log(joint[keep] / apart[keep])).sum()


def conditional_entropy(joint):
    x = joint.sum(dim=1)
    return torch.xlogy(x, x).sum() - torch.xlogy(joint, joint).sum()


# %% right="mutual: H(Y) − H(Y | X)"
def mutual_information(joint):
    y = joint.sum(dim=0)
    return -torch.xlogy(y, y).sum() - conditional_entropy(joint)


def conditional_entropy(joint):
    x = joint.sum(dim=1)
    return torch.xlogy(x, x).sum() - torch.xlogy(joint, joint).sum()


# %% right="mutual: rows as laws"
def mutual_information(joint):
    apart = torch.outer(joint.sum(1), joint.sum(0))
    keep = joint > 0
    return (joint[keep] * torch.log(joint[keep] / apart[keep])).sum()


def conditional_entropy(joint):
    total = torch.zeros((), dtype=joint.dtype)
    for row in joint:
        weight = row.sum()
        if weight > 0:
            law = row / weight
            total = total + weight * torch.special.entr(law).sum()
    return total


# %% wrong="mutual: base 2"
def mutual_information(joint):
    apart = torch.outer(joint.sum(1), joint.sum(0))
    keep = joint > 0
    return (joint[keep] * torch.log2(joint[keep] / apart[keep])).sum()


def conditional_entropy(joint):
    x = joint.sum(dim=1)
    return torch.xlogy(x, x).sum() - torch.xlogy(joint, joint).sum()


# %% wrong="mutual: entropy of the row sums"
def mutual_information(joint):
    apart = torch.outer(joint.sum(1), joint.sum(0))
    keep = joint > 0
    return (joint[keep] * torch.log(joint[keep] / apart[keep])).sum()


def conditional_entropy(joint):
    x = joint.sum(dim=1)
    return -torch.xlogy(x, x).sum()


# %% wrong="mutual: the fraction upside down"
def mutual_information(joint):
    apart = torch.outer(joint.sum(1), joint.sum(0))
    keep = joint > 0
    return (joint[keep] * torch.log(apart[keep] / joint[keep])).sum()


def conditional_entropy(joint):
    x = joint.sum(dim=1)
    return torch.xlogy(x, x).sum() - torch.xlogy(joint, joint).sum()


# %% wrong="mutual: a small number added everywhere"
def mutual_information(joint):
    joint = joint + 1e-3
    apart = torch.outer(joint.sum(1), joint.sum(0))
    return (joint * torch.log(joint / apart)).sum()


def conditional_entropy(joint):
    x = joint.sum(dim=1)
    return torch.xlogy(x, x).sum() - torch.xlogy(joint, joint).sum()


# %% wrong="mutual: entropy of Y, nothing known"
def mutual_information(joint):
    apart = torch.outer(joint.sum(1), joint.sum(0))
    keep = joint > 0
    return (joint[keep] * torch.log(joint[keep] / apart[keep])).sum()


def conditional_entropy(joint):
    y = joint.sum(dim=0)
    return -torch.xlogy(y, y).sum()


# %% wrong="mutual: only the diagonal"
def mutual_information(joint):
    x, y = joint.sum(1), joint.sum(0)
    return sum(
        joint[k, k] * torch.log(joint[k, k] / (x[k] * y[k])) for k in range(min(joint.shape)) if joint[k, k] > 0
    ) + torch.zeros((), dtype=joint.dtype)


def conditional_entropy(joint):
    x = joint.sum(dim=1)
    return torch.xlogy(x, x).sum() - torch.xlogy(joint, joint).sum()


# %% wrong="mutual: rows averaged over those that occur"
def mutual_information(joint):
    apart = torch.outer(joint.sum(1), joint.sum(0))
    keep = joint > 0
    return (joint[keep] * torch.log(joint[keep] / apart[keep])).sum()


def conditional_entropy(joint):
    return torch.stack([torch.special.entr(row / row.sum()).sum() for row in joint if row.sum() > 0]).mean()


# %% right="scores: counts with names"
def scores(truth, says, beta):
    tp = (truth & says).sum()
    fp = (~truth & says).sum()
    fn = (truth & ~says).sum()
    precision, recall = tp / (tp + fp), tp / (tp + fn)
    f = (1 + beta**2) * precision * recall / (beta**2 * precision + recall)
    return precision, recall, fp / (~truth).sum(), f


# %% right="scores: logical functions, floats"
def scores(truth, says, beta):
    tp = float(torch.logical_and(truth, says).sum())
    alarms, positives = float(says.sum()), float(truth.sum())
    precision, recall = tp / alarms, tp / positives
    rate = (alarms - tp) / (len(truth) - positives)
    return precision, recall, rate, (1 + beta * beta) * precision * recall / (beta * beta * precision + recall)


# %% right="scores: loops"
def scores(truth, says, beta):
    table = {(t, s): 0 for t in (True, False) for s in (True, False)}
    for t, s in zip(truth.tolist(), says.tolist()):
        table[t, s] += 1
    p = table[True, True] / (table[True, True] + table[False, True])
    r = table[True, True] / (table[True, True] + table[True, False])
    rate = table[False, True] / (table[False, True] + table[False, False])
    return [p, r, rate, (1 + beta**2) * p * r / (beta**2 * p + r)]


# %% wrong="scores: accuracy for precision"
def scores(truth, says, beta):
    tp = (truth & says).sum()
    fp = (~truth & says).sum()
    recall = tp / truth.sum()
    precision = (truth == says).float().mean()
    f = (1 + beta**2) * precision * recall / (beta**2 * precision + recall)
    return precision, recall, fp / (~truth).sum(), f


# %% wrong="scores: recall among all pictures"
def scores(truth, says, beta):
    tp = (truth & says).sum()
    fp = (~truth & says).sum()
    precision, recall = tp / (tp + fp), tp / len(truth)
    f = (1 + beta**2) * precision * recall / (beta**2 * precision + recall)
    return precision, recall, fp / (~truth).sum(), f


# %% wrong="scores: specificity for the false-positive rate"
def scores(truth, says, beta):
    tp = (truth & says).sum()
    tn = (~truth & ~says).sum()
    precision, recall = tp / says.sum(), tp / truth.sum()
    f = (1 + beta**2) * precision * recall / (beta**2 * precision + recall)
    return precision, recall, tn / (~truth).sum(), f


# %% wrong="scores: β not squared"
def scores(truth, says, beta):
    tp = (truth & says).sum()
    fp = (~truth & says).sum()
    precision, recall = tp / says.sum(), tp / truth.sum()
    f = (1 + beta) * precision * recall / (beta * precision + recall)
    return precision, recall, fp / (~truth).sum(), f


# %% wrong="scores: geometric mean"
def scores(truth, says, beta):
    tp = (truth & says).sum()
    fp = (~truth & says).sum()
    precision, recall = tp / says.sum(), tp / truth.sum()
    return precision, recall, fp / (~truth).sum(), (precision * recall).sqrt()


# %% wrong="scores: the order of the results"
def scores(truth, says, beta):
    tp = (truth & says).sum()
    fp = (~truth & says).sum()
    precision, recall = tp / says.sum(), tp / truth.sum()
    f = (1 + beta**2) * precision * recall / (beta**2 * precision + recall)
    return recall, precision, fp / (~truth).sum(), f


# %% right="estimates: the largest weight is 1"
def monte_carlo(values):
    return values.mean(), values.std() / len(values) ** 0.5


def importance(values, log_p, log_q):
    weights = torch.exp(log_p - log_q)
    return (weights * values).mean()


def self_normalised(values, log_p, log_q):
    log_w = log_p - log_q
    w = torch.exp(log_w - log_w.max())
    return (w * values).sum() / w.sum(), w.sum().square() / w.square().sum()


# %% right="estimates: double inside"
def monte_carlo(values):
    n = len(values)
    return values.sum() / n, torch.sqrt(values.var(unbiased=True) / n)


def importance(values, log_p, log_q):
    weights = torch.exp(log_p - log_q)
    return (weights * values).mean()


def self_normalised(values, log_p, log_q):
    shares = torch.softmax(log_p - log_q, dim=-1)
    return shares @ values, 1.0 / (shares @ shares)


# %% wrong="estimates: einsum, and a mean taken away, which one far larger weight overflows"
def monte_carlo(values):
    return values.mean(), values.std() / len(values) ** 0.5


def importance(values, log_p, log_q):
    return torch.einsum("n,n->", values, (log_p - log_q).exp()) / values.numel()


def self_normalised(values, log_p, log_q):
    log_w = log_p - log_q
    w = (log_w - log_w.mean()).exp()
    w = w / w.sum()
    return (w * values).sum(), 1 / (w**2).sum()


# %% wrong="estimates: the variance of the mean"
def monte_carlo(values):
    return values.mean(), values.var() / len(values)


def importance(values, log_p, log_q):
    weights = torch.exp(log_p - log_q)
    return (weights * values).mean()


def self_normalised(values, log_p, log_q):
    log_w = log_p - log_q
    w = torch.exp(log_w - log_w.max())
    return (w * values).sum() / w.sum(), w.sum().square() / w.square().sum()


# %% wrong="estimates: divided by n"
def monte_carlo(values):
    return values.mean(), values.std() / len(values)


def importance(values, log_p, log_q):
    weights = torch.exp(log_p - log_q)
    return (weights * values).mean()


def self_normalised(values, log_p, log_q):
    log_w = log_p - log_q
    w = torch.exp(log_w - log_w.max())
    return (w * values).sum() / w.sum(), w.sum().square() / w.square().sum()


# %% wrong="estimates: the weights added to the values"
def monte_carlo(values):
    return values.mean(), values.std() / len(values) ** 0.5


def importance(values, log_p, log_q):
    return (values + log_p - log_q).mean()


def self_normalised(values, log_p, log_q):
    log_w = log_p - log_q
    w = torch.exp(log_w - log_w.max())
    return (w * values).sum() / w.sum(), w.sum().square() / w.square().sum()


# %% wrong="estimates: weights as differences of the densities"
def monte_carlo(values):
    return values.mean(), values.std() / len(values) ** 0.5


def importance(values, log_p, log_q):
    return (values * (log_p.exp() - log_q.exp())).mean()


def self_normalised(values, log_p, log_q):
    log_w = log_p - log_q
    w = torch.exp(log_w - log_w.max())
    return (w * values).sum() / w.sum(), w.sum().square() / w.square().sum()


# %% wrong="estimates: the sum, not the mean"
def monte_carlo(values):
    return values.mean(), values.std() / len(values) ** 0.5


def importance(values, log_p, log_q):
    return (values * torch.exp(log_p - log_q)).sum()


def self_normalised(values, log_p, log_q):
    log_w = log_p - log_q
    w = torch.exp(log_w - log_w.max())
    return (w * values).sum() / w.sum(), w.sum().square() / w.square().sum()


# %% wrong="estimates: clamped weights"
def monte_carlo(values):
    return values.mean(), values.std() / len(values) ** 0.5


def importance(values, log_p, log_q):
    weights = torch.exp(log_p - log_q)
    return (weights * values).mean()


def self_normalised(values, log_p, log_q):
    w = torch.exp((log_p - log_q).clamp(-50, 50))
    return (w * values).sum() / w.sum(), w.sum() ** 2 / (w**2).sum()


# %% wrong="estimates: the effective size as a share"
def monte_carlo(values):
    return values.mean(), values.std() / len(values) ** 0.5


def importance(values, log_p, log_q):
    weights = torch.exp(log_p - log_q)
    return (weights * values).mean()


def self_normalised(values, log_p, log_q):
    w = torch.softmax(log_p - log_q, dim=0)
    return (w * values).sum(), 1 / (w**2).sum() / len(w)


# %% wrong="estimates: a mean of the shares"
def monte_carlo(values):
    return values.mean(), values.std() / len(values) ** 0.5


def importance(values, log_p, log_q):
    weights = torch.exp(log_p - log_q)
    return (weights * values).mean()


def self_normalised(values, log_p, log_q):
    w = torch.softmax(log_p - log_q, dim=0)
    return (w * values).mean(), 1 / (w**2).sum()


# %% right="gibbs: a list of pairs"
def gibbs(rho, n, start, burn_in, thin):
    x1, x2 = start
    sd = math.sqrt(1 - rho**2)
    states = []
    for t in range(burn_in + n * thin):
        x1 = rho * x2 + sd * random.gauss(0, 1)
        x2 = rho * x1 + sd * random.gauss(0, 1)
        if t >= burn_in and (t - burn_in + 1) % thin == 0:
            states.append([x1, x2])
    return torch.tensor(states)


# %% right="gibbs: torch.normal"
def gibbs(rho, n, start, burn_in, thin):
    x1, x2 = (torch.tensor(float(v), dtype=torch.float64) for v in start)
    sd = (1 - rho**2) ** 0.5
    out = torch.zeros(n, 2)
    for t in range(1, burn_in + n * thin + 1):
        x1 = rho * x2 + sd * torch.randn((), dtype=torch.float64)
        x2 = rho * x1 + sd * torch.randn((), dtype=torch.float64)
        kept, left = divmod(t - burn_in, thin)
        if t > burn_in and left == 0:
            out[kept - 1] = torch.stack([x1, x2])
    return out


# %% right="gibbs: all sweeps, then a slice; noise from numpy"
def gibbs(rho, n, start, burn_in, thin):
    noise = np.random.randn(burn_in + n * thin, 2) * np.sqrt(1 - rho**2)
    chain, x2 = [], start[1]
    for a, b in noise:
        x1 = rho * x2 + a
        x2 = rho * x1 + b
        chain.append((x1, x2))
    return torch.tensor(np.array(chain)[burn_in:][thin - 1 :: thin])


# %% wrong="gibbs: correlation without its sign"
def gibbs(rho, n, start, burn_in, thin):
    x1, x2 = start
    rho = abs(rho)
    sd = math.sqrt(1 - rho**2)
    states = []
    for t in range(burn_in + n * thin):
        x1 = rho * x2 + sd * random.gauss(0, 1)
        x2 = rho * x1 + sd * random.gauss(0, 1)
        if t >= burn_in and (t - burn_in + 1) % thin == 0:
            states.append([x1, x2])
    return torch.tensor(states)


# %% wrong="gibbs: always starts at the origin"
def gibbs(rho, n, start, burn_in, thin):
    x1, x2 = 0.0, 0.0
    sd = math.sqrt(1 - rho**2)
    states = []
    for t in range(burn_in + n * thin):
        x1 = rho * x2 + sd * random.gauss(0, 1)
        x2 = rho * x1 + sd * random.gauss(0, 1)
        if t >= burn_in and (t - burn_in + 1) % thin == 0:
            states.append([x1, x2])
    return torch.tensor(states)


# %% wrong="gibbs: never thins"
def gibbs(rho, n, start, burn_in, thin):
    x1, x2 = start
    sd = math.sqrt(1 - rho**2)
    states = []
    for t in range(burn_in + n):
        x1 = rho * x2 + sd * random.gauss(0, 1)
        x2 = rho * x1 + sd * random.gauss(0, 1)
        if t >= burn_in:
            states.append([x1, x2])
    return torch.tensor(states)


# %% wrong="gibbs: ten sweeps of burn-in, whatever is asked"
def gibbs(rho, n, start, burn_in, thin):
    x1, x2 = start
    burn_in = 10
    sd = math.sqrt(1 - rho**2)
    states = []
    for t in range(burn_in + n * thin):
        x1 = rho * x2 + sd * random.gauss(0, 1)
        x2 = rho * x1 + sd * random.gauss(0, 1)
        if t >= burn_in and (t - burn_in + 1) % thin == 0:
            states.append([x1, x2])
    return torch.tensor(states)


# %% wrong="gibbs: thinning counted from the start of the walk"
def gibbs(rho, n, start, burn_in, thin):
    x1, x2 = start
    sd = math.sqrt(1 - rho**2)
    states = []
    for t in range(burn_in + n * thin):
        x1 = rho * x2 + sd * random.gauss(0, 1)
        x2 = rho * x1 + sd * random.gauss(0, 1)
        if t >= burn_in and (t + 1) % thin == 0:
            states.append([x1, x2])
    return torch.tensor(states)


# %% wrong="gibbs: standard normal noise"
def gibbs(rho, n, start, burn_in, thin):
    x1, x2 = start
    sd = 1.0
    states = []
    for t in range(burn_in + n * thin):
        x1 = rho * x2 + sd * random.gauss(0, 1)
        x2 = rho * x1 + sd * random.gauss(0, 1)
        if t >= burn_in and (t - burn_in + 1) % thin == 0:
            states.append([x1, x2])
    return torch.tensor(states)


# %% wrong="gibbs: uniform noise with the right deviation, one axis per sweep"
def gibbs(rho, n, start, burn_in, thin):
    x1, x2 = start
    sd = math.sqrt(1 - rho**2)
    states = []
    for t in range(burn_in + n * thin):
        x1 = rho * x2 + sd * random.gauss(0, 1)
        if t % 2:
            x2 = rho * x1 + sd * random.gauss(0, 1)
        if t >= burn_in and (t - burn_in + 1) % thin == 0:
            states.append([x1, x2])
    return torch.tensor(states)


# %% wrong="gibbs: a seed for repeatability"
def gibbs(rho, n, start, burn_in, thin):
    x1, x2 = start
    random.seed(0)
    sd = math.sqrt(1 - rho**2)
    states = []
    for t in range(burn_in + n * thin):
        x1 = rho * x2 + sd * random.gauss(0, 1)
        x2 = rho * x1 + sd * random.gauss(0, 1)
        if t >= burn_in and (t - burn_in + 1) % thin == 0:
            states.append([x1, x2])
    return torch.tensor(states)


# %% right="metropolis: a for loop"
def metropolis(log_p, start, step, n):
    x, chain = start, []
    for _ in range(n):
        proposal = x + random.gauss(0, step)
        ratio = math.exp(min(0.0, log_p(proposal) - log_p(x)))
        if random.random() < ratio:
            x = proposal
        chain.append(x)
    return chain


# %% right="metropolis: the original with the line moved out"
def metropolis(log_p, start, step, n):
    x, chain = start, []
    while len(chain) < n:
        proposal = random.gauss(x, step)
        log_ratio = log_p(proposal) - log_p(x)
        accepted = random.random() < math.exp(min(0.0, log_ratio))
        chain.append(proposal if accepted else x)
        x = chain[-1]
    return chain


# %% right="metropolis: a tensor at the end"
def metropolis(log_p, start, step, n):
    chain = torch.zeros(n, dtype=torch.float64)
    x, height = start, log_p(start)
    for i in range(n):
        y = random.gauss(x, step)
        new = log_p(y)
        if new > height or random.random() < math.exp(new - height):
            x, height = y, new
        chain[i] = x
    return chain


# %% wrong="metropolis: proposals from one side"
def metropolis(log_p, start, step, n):
    x, chain = start, []
    for _ in range(n):
        proposal = x + abs(random.gauss(0, step))
        ratio = math.exp(min(0.0, log_p(proposal) - log_p(x)))
        if random.random() < ratio:
            x = proposal
        chain.append(x)
    return chain


# %% wrong="metropolis: uniform proposals"
def metropolis(log_p, start, step, n):
    x, chain = start, []
    for _ in range(n):
        proposal = x + random.uniform(-step, step)
        ratio = math.exp(min(0.0, log_p(proposal) - log_p(x)))
        if random.random() < ratio:
            x = proposal
        chain.append(x)
    return chain


# %% wrong="metropolis: independent proposals around the start"
def metropolis(log_p, start, step, n):
    x, chain = start, []
    for _ in range(n):
        proposal = start + random.gauss(0, step)
        ratio = math.exp(min(0.0, log_p(proposal) - log_p(x)))
        if random.random() < ratio:
            x = proposal
        chain.append(x)
    return chain


# %% wrong="metropolis: always accept half of the downhill steps"
def metropolis(log_p, start, step, n):
    x, chain = start, []
    for _ in range(n):
        proposal = x + random.gauss(0, step)
        ratio = math.exp(min(0.0, log_p(proposal) - log_p(x)))
        if ratio == 1.0 or (ratio > 0 and random.random() < 0.5):
            x = proposal
        chain.append(x)
    return chain


# %% wrong="metropolis: square root of the ratio"
def metropolis(log_p, start, step, n):
    x, chain = start, []
    for _ in range(n):
        proposal = x + random.gauss(0, step)
        ratio = math.exp(min(0.0, (log_p(proposal) - log_p(x)) / 2))
        if random.random() < ratio:
            x = proposal
        chain.append(x)
    return chain


# %% wrong="metropolis: start included, one state too many"
def metropolis(log_p, start, step, n):
    x, chain = start, [start]
    for _ in range(n):
        proposal = x + random.gauss(0, step)
        ratio = math.exp(min(0.0, log_p(proposal) - log_p(x)))
        if random.random() < ratio:
            x = proposal
        chain.append(x)
    return chain


# %% wrong="metropolis: steps of one, whatever is asked"
def metropolis(log_p, start, step, n):
    x, chain = start, []
    for _ in range(n):
        proposal = x + random.gauss(0, 1.0)
        ratio = math.exp(min(0.0, log_p(proposal) - log_p(x)))
        if random.random() < ratio:
            x = proposal
        chain.append(x)
    return chain


# %% wrong="metropolis: the first half thrown away"
def metropolis(log_p, start, step, n):
    x, chain = start, []
    for _ in range(n):
        proposal = x + random.gauss(0, step)
        ratio = math.exp(min(0.0, log_p(proposal) - log_p(x)))
        if random.random() < ratio:
            x = proposal
        chain.append(x)
    return chain[n // 2 :]


# %% right="roc: a loop over thresholds"
def roc(truth, score):
    fpr, tpr = [0.0], [0.0]
    for t in score.unique().flip(0):
        says = score >= t
        tpr.append(((says & truth).sum() / truth.sum()).item())
        fpr.append(((says & ~truth).sum() / (~truth).sum()).item())
    return torch.tensor(fpr), torch.tensor(tpr)


def auc(truth, score):
    x, y = roc(truth, score)
    return torch.trapezoid(y, x).item()


# %% right="roc: numpy's unique, area by pairs"
def roc(truth, score):
    t, s = truth.numpy(), score.numpy()
    levels = np.unique(s)[::-1]
    fpr = [0.0] + [float((s[~t] >= v).mean()) for v in levels]
    tpr = [0.0] + [float((s[t] >= v).mean()) for v in levels]
    return torch.tensor(fpr), torch.tensor(tpr)


def auc(truth, score):
    wins = 0.0
    for p in score[truth].tolist():
        for q in score[~truth].tolist():
            wins += 1.0 if p > q else 0.5 if p == q else 0.0
    return wins / int(truth.sum()) / int((~truth).sum())


# %% right="roc: sorted, then only the last place of each tie"
def roc(truth, score):
    values, order = score.sort(descending=True)
    hits = truth[order]
    last = torch.cat([values[1:] != values[:-1], torch.tensor([True])])
    tpr, fpr = hits.cumsum(0)[last] / hits.sum(), (~hits).cumsum(0)[last] / (~hits).sum()
    return F.pad(fpr, (1, 0)), F.pad(tpr, (1, 0))


def auc(truth, score):
    x, y = roc(truth, score)
    return torch.trapezoid(y, x).item()


# %% wrong="roc: from the lowest score up"
def roc(truth, score):
    fpr, tpr = [0.0], [0.0]
    for t in score.unique():
        says = score <= t
        tpr.append(((says & truth).sum() / truth.sum()).item())
        fpr.append(((says & ~truth).sum() / (~truth).sum()).item())
    return torch.tensor(fpr), torch.tensor(tpr)


def auc(truth, score):
    x, y = roc(truth, score)
    return torch.trapezoid(y, x).item()


# %% wrong="roc: without the start"
def roc(truth, score):
    levels = score.unique().flip(0)
    says = score >= levels[:, None]
    return (says & ~truth).sum(1) / (~truth).sum(), (says & truth).sum(1) / truth.sum()


def auc(truth, score):
    x, y = roc(truth, score)
    return torch.trapezoid(y, x).item()


# %% wrong="roc: a fixed grid of thresholds"
def roc(truth, score):
    says = score >= torch.linspace(1, 0, len(score.unique()))[:, None]
    zero = torch.zeros(1)
    return torch.cat([zero, (says & ~truth).sum(1) / (~truth).sum()]), torch.cat(
        [zero, (says & truth).sum(1) / truth.sum()]
    )


def auc(truth, score):
    x, y = roc(truth, score)
    return torch.trapezoid(y, x).item()


# %% wrong="roc: rectangles for the area"
def roc(truth, score):
    fpr, tpr = [0.0], [0.0]
    for t in score.unique().flip(0):
        says = score >= t
        tpr.append(((says & truth).sum() / truth.sum()).item())
        fpr.append(((says & ~truth).sum() / (~truth).sum()).item())
    return torch.tensor(fpr), torch.tensor(tpr)


def auc(truth, score):
    x, y = roc(truth, score)
    return ((x[1:] - x[:-1]) * y[1:]).sum().item()


# %% wrong="roc: the mean of the true-positive rates"
def roc(truth, score):
    fpr, tpr = [0.0], [0.0]
    for t in score.unique().flip(0):
        says = score >= t
        tpr.append(((says & truth).sum() / truth.sum()).item())
        fpr.append(((says & ~truth).sum() / (~truth).sum()).item())
    return torch.tensor(fpr), torch.tensor(tpr)


def auc(truth, score):
    return roc(truth, score)[1].mean().item()


# %% wrong="roc: accuracy at one half"
def roc(truth, score):
    fpr, tpr = [0.0], [0.0]
    for t in score.unique().flip(0):
        says = score >= t
        tpr.append(((says & truth).sum() / truth.sum()).item())
        fpr.append(((says & ~truth).sum() / (~truth).sum()).item())
    return torch.tensor(fpr), torch.tensor(tpr)


def auc(truth, score):
    return ((score > 0.5) == truth).float().mean().item()


# %% wrong="roc: ties count fully"
def roc(truth, score):
    fpr, tpr = [0.0], [0.0]
    for t in score.unique().flip(0):
        says = score >= t
        tpr.append(((says & truth).sum() / truth.sum()).item())
        fpr.append(((says & ~truth).sum() / (~truth).sum()).item())
    return torch.tensor(fpr), torch.tensor(tpr)


def auc(truth, score):
    return (score[truth][:, None] >= score[~truth][None]).float().mean().item()


# %% wrong="roc: precision in place of the false-positive rate"
def roc(truth, score):
    levels = score.unique().flip(0)
    says = score >= levels[:, None]
    zero = torch.zeros(1)
    return torch.cat([zero, (says & ~truth).sum(1) / says.sum(1)]), torch.cat(
        [zero, (says & truth).sum(1) / truth.sum()]
    )


def auc(truth, score):
    x, y = roc(truth, score)
    return torch.trapezoid(y, x).item()


# %% right="ranking: products with the hits"
def precision_at(truth, score, k):
    best = score.argsort(descending=True)[:k]
    return truth[best].sum().item() / k


def average_precision(truth, score):
    hits = truth[score.argsort(descending=True)].float()
    ranks = torch.arange(1, len(hits) + 1)
    return ((hits.cumsum(0) / ranks) * hits).sum().item() / hits.sum().item()


def interpolated_precision(truth, score, recall):
    hits = truth[score.argsort(descending=True)].float()
    precision = hits.cumsum(0) / torch.arange(1, len(hits) + 1)
    reached = hits.cumsum(0) / hits.sum()
    return max(p for p, r in zip(precision.tolist(), reached.tolist()) if r >= recall)


# %% right="ranking: each positive asks how many are above it"
def precision_at(truth, score, k):
    threshold = score.sort(descending=True).values[k - 1]
    return truth[score >= threshold].float().mean().item()


def average_precision(truth, score):
    found = []
    for s in score[truth]:
        above = score >= s
        found.append(((above & truth).sum() / above.sum()).item())
    return sum(found) / len(found)


def interpolated_precision(truth, score, recall):
    hits = truth[score.argsort(descending=True)].float()
    precision = hits.cumsum(0) / torch.arange(1, len(hits) + 1)
    reached = hits.cumsum(0) / hits.sum()
    return max(p for p, r in zip(precision.tolist(), reached.tolist()) if r >= recall)


# %% right="ranking: numpy"
def precision_at(truth, score, k):
    best = score.argsort(descending=True)[:k]
    return truth[best].sum().item() / k


def average_precision(truth, score):
    hits = truth.numpy()[np.argsort(-score.numpy())]
    ranks = np.flatnonzero(hits) + 1
    return float(np.mean(np.arange(1, len(ranks) + 1) / ranks))


def interpolated_precision(truth, score, recall):
    hits = truth[score.argsort(descending=True)].float()
    precision = hits.cumsum(0) / torch.arange(1, len(hits) + 1)
    reached = hits.cumsum(0) / hits.sum()
    return max(p for p, r in zip(precision.tolist(), reached.tolist()) if r >= recall)


# %% wrong="ranking: divided by the number of pictures"
def precision_at(truth, score, k):
    best = score.argsort(descending=True)[:k]
    return truth[best].sum().item() / k


def average_precision(truth, score):
    hits = truth[score.argsort(descending=True)].float()
    ranks = torch.arange(1, len(hits) + 1)
    return ((hits.cumsum(0) / ranks) * hits).mean().item()


def interpolated_precision(truth, score, recall):
    hits = truth[score.argsort(descending=True)].float()
    precision = hits.cumsum(0) / torch.arange(1, len(hits) + 1)
    reached = hits.cumsum(0) / hits.sum()
    return max(p for p, r in zip(precision.tolist(), reached.tolist()) if r >= recall)


# %% wrong="ranking: reciprocal rank"
def precision_at(truth, score, k):
    best = score.argsort(descending=True)[:k]
    return truth[best].sum().item() / k


def average_precision(truth, score):
    hits = truth[score.argsort(descending=True)]
    return 1 / (hits.nonzero()[0].item() + 1)


def interpolated_precision(truth, score, recall):
    hits = truth[score.argsort(descending=True)].float()
    precision = hits.cumsum(0) / torch.arange(1, len(hits) + 1)
    reached = hits.cumsum(0) / hits.sum()
    return max(p for p, r in zip(precision.tolist(), reached.tolist()) if r >= recall)


# %% wrong="ranking: trapezoids under the curve"
def precision_at(truth, score, k):
    best = score.argsort(descending=True)[:k]
    return truth[best].sum().item() / k


def average_precision(truth, score):
    hits = truth[score.argsort(descending=True)].float()
    precision = hits.cumsum(0) / torch.arange(1, len(hits) + 1)
    return torch.trapezoid(precision, hits.cumsum(0) / hits.sum()).item()


def interpolated_precision(truth, score, recall):
    hits = truth[score.argsort(descending=True)].float()
    precision = hits.cumsum(0) / torch.arange(1, len(hits) + 1)
    reached = hits.cumsum(0) / hits.sum()
    return max(p for p, r in zip(precision.tolist(), reached.tolist()) if r >= recall)


# %% wrong="ranking: the interpolated precisions averaged"
def precision_at(truth, score, k):
    best = score.argsort(descending=True)[:k]
    return truth[best].sum().item() / k


def average_precision(truth, score):
    hits = truth[score.argsort(descending=True)]
    precision = hits.cumsum(0) / torch.arange(1, len(hits) + 1)
    best = precision.flip(0).cummax(0).values.flip(0)
    return best[hits].mean().item()


def interpolated_precision(truth, score, recall):
    hits = truth[score.argsort(descending=True)].float()
    precision = hits.cumsum(0) / torch.arange(1, len(hits) + 1)
    reached = hits.cumsum(0) / hits.sum()
    return max(p for p, r in zip(precision.tolist(), reached.tolist()) if r >= recall)


# %% wrong="ranking: the first k of the list as it is"
def precision_at(truth, score, k):
    return truth[:k].sum().item() / k


def average_precision(truth, score):
    hits = truth[score.argsort(descending=True)].float()
    ranks = torch.arange(1, len(hits) + 1)
    return ((hits.cumsum(0) / ranks) * hits).sum().item() / hits.sum().item()


def interpolated_precision(truth, score, recall):
    hits = truth[score.argsort(descending=True)].float()
    precision = hits.cumsum(0) / torch.arange(1, len(hits) + 1)
    reached = hits.cumsum(0) / hits.sum()
    return max(p for p, r in zip(precision.tolist(), reached.tolist()) if r >= recall)


# %% wrong="ranking: at most that recall"
def precision_at(truth, score, k):
    best = score.argsort(descending=True)[:k]
    return truth[best].sum().item() / k


def average_precision(truth, score):
    hits = truth[score.argsort(descending=True)].float()
    ranks = torch.arange(1, len(hits) + 1)
    return ((hits.cumsum(0) / ranks) * hits).sum().item() / hits.sum().item()


def interpolated_precision(truth, score, recall):
    hits = truth[score.argsort(descending=True)].float()
    precision = hits.cumsum(0) / torch.arange(1, len(hits) + 1)
    reached = hits.cumsum(0) / hits.sum()
    return max([0.0] + [p for p, r in zip(precision.tolist(), reached.tolist()) if r <= recall])


# %% wrong="ranking: strictly more than that recall"
def precision_at(truth, score, k):
    best = score.argsort(descending=True)[:k]
    return truth[best].sum().item() / k


def average_precision(truth, score):
    hits = truth[score.argsort(descending=True)].float()
    ranks = torch.arange(1, len(hits) + 1)
    return ((hits.cumsum(0) / ranks) * hits).sum().item() / hits.sum().item()


def interpolated_precision(truth, score, recall):
    hits = truth[score.argsort(descending=True)].float()
    precision = hits.cumsum(0) / torch.arange(1, len(hits) + 1)
    reached = hits.cumsum(0) / hits.sum()
    return max([0.0] + [p for p, r in zip(precision.tolist(), reached.tolist()) if r > recall])


# %% wrong="ranking: the lowest precision"
def precision_at(truth, score, k):
    best = score.argsort(descending=True)[:k]
    return truth[best].sum().item() / k


def average_precision(truth, score):
    hits = truth[score.argsort(descending=True)].float()
    ranks = torch.arange(1, len(hits) + 1)
    return ((hits.cumsum(0) / ranks) * hits).sum().item() / hits.sum().item()


def interpolated_precision(truth, score, recall):
    hits = truth[score.argsort(descending=True)].float()
    precision = hits.cumsum(0) / torch.arange(1, len(hits) + 1)
    reached = hits.cumsum(0) / hits.sum()
    return precision[reached >= recall].min().item()


# %% right="detections: a list of what is taken"
def match(boxes, score, true_boxes, threshold):
    table = iou(boxes, true_boxes)
    right, taken = [False] * len(boxes), []
    for k in torch.argsort(score, descending=True).tolist():
        best = table[k].argmax().item()
        if table[k, best] >= threshold and best not in taken:
            right[k] = True
            taken.append(best)
    return torch.tensor(right)


def detection_ap(right, score, objects):
    hits = right[torch.argsort(score, descending=True)].float()
    precision = hits.cumsum(0) / torch.arange(1, len(hits) + 1)
    return (precision * hits).sum().item() / objects


# %% right="detections: sorted by hand, a list returned"
def match(boxes, score, true_boxes, threshold):
    order = sorted(range(len(boxes)), key=lambda k: score[k].item(), reverse=True)
    free, right = set(range(len(true_boxes))), [False] * len(boxes)
    overlaps = iou(boxes, true_boxes).tolist()
    for k in order:
        favourite = max(range(len(true_boxes)), key=lambda t: overlaps[k][t])
        if favourite in free and overlaps[k][favourite] >= threshold:
            free.discard(favourite)
            right[k] = True
    return right


def detection_ap(right, score, objects):
    hits = right[torch.argsort(score, descending=True)].float()
    precision = hits.cumsum(0) / torch.arange(1, len(hits) + 1)
    return (precision * hits).sum().item() / objects


# %% right="detections: found over rank"
def match(boxes, score, true_boxes, threshold):
    table = iou(boxes, true_boxes)
    right, taken = [False] * len(boxes), []
    for k in torch.argsort(score, descending=True).tolist():
        best = table[k].argmax().item()
        if table[k, best] >= threshold and best not in taken:
            right[k] = True
            taken.append(best)
    return torch.tensor(right)


def detection_ap(right, score, objects):
    ranks = right[score.argsort(descending=True)].nonzero().flatten() + 1
    return sum((i + 1) / rank for i, rank in enumerate(ranks.tolist())) / objects


# %% wrong="detections: the threshold ignored"
def match(boxes, score, true_boxes, threshold):
    table = iou(boxes, true_boxes)
    right, taken = [False] * len(boxes), []
    for k in torch.argsort(score, descending=True).tolist():
        best = table[k].argmax().item()
        if best not in taken:
            right[k] = True
            taken.append(best)
    return torch.tensor(right)


def detection_ap(right, score, objects):
    hits = right[torch.argsort(score, descending=True)].float()
    precision = hits.cumsum(0) / torch.arange(1, len(hits) + 1)
    return (precision * hits).sum().item() / objects


# %% wrong="detections: a threshold of one half"
def match(boxes, score, true_boxes, threshold):
    table = iou(boxes, true_boxes)
    right, taken = [False] * len(boxes), []
    for k in torch.argsort(score, descending=True).tolist():
        best = table[k].argmax().item()
        if table[k, best] >= 0.5 and best not in taken:
            right[k] = True
            taken.append(best)
    return torch.tensor(right)


def detection_ap(right, score, objects):
    hits = right[torch.argsort(score, descending=True)].float()
    precision = hits.cumsum(0) / torch.arange(1, len(hits) + 1)
    return (precision * hits).sum().item() / objects


# %% wrong="detections: the first true box that fits"
def match(boxes, score, true_boxes, threshold):
    table = iou(boxes, true_boxes)
    right, taken = [False] * len(boxes), []
    for k in torch.argsort(score, descending=True).tolist():
        fits = (table[k] >= threshold).nonzero().flatten().tolist()
        best = fits[0] if fits else 0
        if table[k, best] >= threshold and best not in taken:
            right[k] = True
            taken.append(best)
    return torch.tensor(right)


def detection_ap(right, score, objects):
    hits = right[torch.argsort(score, descending=True)].float()
    precision = hits.cumsum(0) / torch.arange(1, len(hits) + 1)
    return (precision * hits).sum().item() / objects


# %% wrong="detections: the lowest score first"
def match(boxes, score, true_boxes, threshold):
    table = iou(boxes, true_boxes)
    right, taken = [False] * len(boxes), []
    for k in torch.argsort(score, descending=False).tolist():
        best = table[k].argmax().item()
        if table[k, best] >= threshold and best not in taken:
            right[k] = True
            taken.append(best)
    return torch.tensor(right)


def detection_ap(right, score, objects):
    hits = right[torch.argsort(score, descending=True)].float()
    precision = hits.cumsum(0) / torch.arange(1, len(hits) + 1)
    return (precision * hits).sum().item() / objects


# %% wrong="detections: in the order of the scores"
def match(boxes, score, true_boxes, threshold):
    table = iou(boxes, true_boxes)
    right, taken = [False] * len(boxes), []
    for k in torch.argsort(score, descending=True).tolist():
        best = table[k].argmax().item()
        if table[k, best] >= threshold and best not in taken:
            right[k] = True
            taken.append(best)
    return torch.tensor(right)[torch.argsort(score, descending=True)]


def detection_ap(right, score, objects):
    hits = right[torch.argsort(score, descending=True)].float()
    precision = hits.cumsum(0) / torch.arange(1, len(hits) + 1)
    return (precision * hits).sum().item() / objects


# %% wrong="detections: one right box in a picture"
def match(boxes, score, true_boxes, threshold):
    table = iou(boxes, true_boxes)
    right, taken = [False] * len(boxes), []
    for k in torch.argsort(score, descending=True).tolist():
        best = table[k].argmax().item()
        if table[k, best] >= threshold and not taken:
            right[k] = True
            taken.append(best)
    return torch.tensor(right)


def detection_ap(right, score, objects):
    hits = right[torch.argsort(score, descending=True)].float()
    precision = hits.cumsum(0) / torch.arange(1, len(hits) + 1)
    return (precision * hits).sum().item() / objects


# %% wrong="detections: the number of boxes in place of the objects"
def match(boxes, score, true_boxes, threshold):
    table = iou(boxes, true_boxes)
    right, taken = [False] * len(boxes), []
    for k in torch.argsort(score, descending=True).tolist():
        best = table[k].argmax().item()
        if table[k, best] >= threshold and best not in taken:
            right[k] = True
            taken.append(best)
    return torch.tensor(right)


def detection_ap(right, score, objects):
    hits = right[torch.argsort(score, descending=True)].float()
    precision = hits.cumsum(0) / torch.arange(1, len(hits) + 1)
    return (precision * hits).sum().item() / len(hits)


# %% wrong="detections: not sorted by the scores"
def match(boxes, score, true_boxes, threshold):
    table = iou(boxes, true_boxes)
    right, taken = [False] * len(boxes), []
    for k in torch.argsort(score, descending=True).tolist():
        best = table[k].argmax().item()
        if table[k, best] >= threshold and best not in taken:
            right[k] = True
            taken.append(best)
    return torch.tensor(right)


def detection_ap(right, score, objects):
    hits = right.float()
    precision = hits.cumsum(0) / torch.arange(1, len(hits) + 1)
    return (precision * hits).sum().item() / objects


# %% wrong="detections: recall in place of the average precision"
def match(boxes, score, true_boxes, threshold):
    table = iou(boxes, true_boxes)
    right, taken = [False] * len(boxes), []
    for k in torch.argsort(score, descending=True).tolist():
        best = table[k].argmax().item()
        if table[k, best] >= threshold and best not in taken:
            right[k] = True
            taken.append(best)
    return torch.tensor(right)


def detection_ap(right, score, objects):
    return right.sum().item() / objects
