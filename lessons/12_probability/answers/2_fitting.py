# Answers to the exercises of 2_fitting.py, right and wrong: what `course audit` grades. No student sees them.

# %% [markdown] explains="gaussian"
# `away @ inverse * away`, summed over the columns, is $(x-\mu)^\top \Sigma^{-1} (x-\mu)$ for each row: the product
# with the inverse gives the vector $\Sigma^{-1}(x-\mu)$, and multiplying entry by entry with the difference again and
# adding up is the dot product. `away @ inverse @ away.T` would be an (n, n) table of all pairs of rows.
#
# The determinant enters by its logarithm: in hundreds of dimensions `cov.det()` underflows long before `logdet` has
# any trouble.
#
# A variance of a sum counts every pair of its terms, $\sum_{ij} w_i w_j \Sigma_{ij}$, which is $w^\top \Sigma\, w$.


# %% [markdown] explains="fit"
# Differentiate $\log\sigma + \frac{1}{n}\sum (x_i - \mu)^2 / 2\sigma^2$ with respect to $\mu$: zero where
# $\sum (x_i - \mu) = 0$, at the mean. With respect to $\sigma$:
# $\frac1\sigma - \frac{1}{n \sigma^3} \sum (x_i - \mu)^2$, zero where $\sigma^2$ is the mean squared deviation,
# divided by $n$.
#
# In `nll`, the logarithm of $\sigma$ is the parameter itself, so nothing has to be taken the logarithm of, and no
# step of a descent can lead to a negative deviation.


# %% [markdown] explains="beta"
# Prior times likelihood is $p^{a-1+h} (1-p)^{b-1+t}$ up to a constant. A density with these exponents is Beta(a + h,
# b + t), and its constant takes care of itself, since the area must be 1.
#
# The variance is often written $ab / ((a+b)^2 (a+b+1))$; with the mean $m = a/(a+b)$ that is $m(1-m)/(a+b+1)$: the
# variance of one toss, divided by one more than the number of tosses that the law is worth.


# %% [markdown] explains="shrink"
# The gradient of the ridge objective is $2 X^\top (Xw - y) + 2\lambda w$; zero means
# $(X^\top X + \lambda I)\,w = X^\top y$. For $\lambda > 0$ the matrix is positive definite even if there are more
# features than rows, so there is always exactly one solution.
#
# For one weight of the lasso, with the residual $r$ of all others, the objective is
# $\frac12\|r - x_j w_j\|^2 + \lambda |w_j|$. On the side $w_j > 0$ its derivative is
# $-\rho + w_j\, x_j \cdot x_j + \lambda$; zero at $(\rho - \lambda)/(x_j \cdot x_j)$ if that is positive. The other
# side is its mirror image, and if neither has a zero, the corner at 0 is the lowest point. `w[j] = 0` before the
# residual is taken leaves the feature out of it.
#
# Each pass can only lower a convex objective, and it comes to rest where no single weight can gain. For a smooth part
# plus a sum of terms with one weight each, that is the minimum.


# %% right="gaussian: solve in place of an inverse"
def log_normal(x, mean, cov):
    away = (x - mean).T
    distance = (away * torch.linalg.solve(cov, away)).sum(dim=0)
    return -(distance + cov.det().log() + len(mean) * math.log(2 * math.pi)) / 2


def share_between(low, high, mean, std):
    law = torch.distributions.Normal(torch.tensor(mean, dtype=torch.float64), torch.tensor(std, dtype=torch.float64))
    return (law.cdf(torch.tensor(high, dtype=torch.float64)) - law.cdf(torch.tensor(low, dtype=torch.float64))).item()


def combined(w, mean, cov):
    return (w * mean).sum(), torch.sqrt(torch.outer(w, w).mul(cov).sum())


# %% right="gaussian: the library's law"
def log_normal(x, mean, cov):
    return torch.distributions.MultivariateNormal(mean, cov).log_prob(x)


def share_between(low, high, mean, std):
    z = lambda v: (v - mean) / std
    return 0.5 * (math.erfc(z(low) / math.sqrt(2)) - math.erfc(z(high) / math.sqrt(2)))


def combined(w, mean, cov):
    return torch.einsum("i,i", w, mean), torch.einsum("i,ij,j", w, cov, w) ** 0.5


# %% wrong="gaussian: the covariance itself in place of its inverse"
def log_normal(x, mean, cov):
    away = x - mean
    return -0.5 * ((away @ cov * away).sum(dim=1) + torch.logdet(cov) + x.shape[1] * math.log(2 * math.pi))


def share_between(low, high, mean, std):
    below = lambda x: 0.5 * (1 + math.erf((x - mean) / (std * math.sqrt(2))))
    return below(high) - below(low)


def combined(w, mean, cov):
    return w @ mean, (w @ cov @ w).sqrt()


# %% wrong="gaussian: the constant of one dimension"
def log_normal(x, mean, cov):
    away = x - mean
    return -0.5 * ((away @ torch.linalg.inv(cov) * away).sum(dim=1) + torch.logdet(cov) + math.log(2 * math.pi))


def share_between(low, high, mean, std):
    below = lambda x: 0.5 * (1 + math.erf((x - mean) / (std * math.sqrt(2))))
    return below(high) - below(low)


def combined(w, mean, cov):
    return w @ mean, (w @ cov @ w).sqrt()


# %% wrong="gaussian: the variance for the deviation"
def log_normal(x, mean, cov):
    away = x - mean
    return -0.5 * (
        (away @ torch.linalg.inv(cov) * away).sum(dim=1) + torch.logdet(cov) + x.shape[1] * math.log(2 * math.pi)
    )


def share_between(low, high, mean, std):
    below = lambda x: 0.5 * (1 + math.erf((x - mean) / (std * math.sqrt(2))))
    return below(high) - below(low)


def combined(w, mean, cov):
    return w @ mean, w @ cov @ w


# %% wrong="gaussian: only the variances, as if independent"
def log_normal(x, mean, cov):
    away = x - mean
    return -0.5 * (
        (away @ torch.linalg.inv(cov) * away).sum(dim=1) + torch.logdet(cov) + x.shape[1] * math.log(2 * math.pi)
    )


def share_between(low, high, mean, std):
    below = lambda x: 0.5 * (1 + math.erf((x - mean) / (std * math.sqrt(2))))
    return below(high) - below(low)


def combined(w, mean, cov):
    return w @ mean, (w**2 @ cov.diagonal()).sqrt()


# %% wrong="gaussian: erf without the root of 2"
def log_normal(x, mean, cov):
    away = x - mean
    return -0.5 * (
        (away @ torch.linalg.inv(cov) * away).sum(dim=1) + torch.logdet(cov) + x.shape[1] * math.log(2 * math.pi)
    )


def share_between(low, high, mean, std):
    below = lambda x: 0.5 * (1 + math.erf((x - mean) / std))
    return below(high) - below(low)


def combined(w, mean, cov):
    return w @ mean, (w @ cov @ w).sqrt()


# %% equivalent="gaussian: a dot product does not depend on the order"
# - return (w @ mean, (w @ cov @ w).sqrt())
# + return (mean @ w, (w @ cov @ w).sqrt())


# %% equivalent="gaussian: a difference loses what is added to both"
# - below = lambda x: 0.5 * (1 + math.erf((x - mean) / (std * math.sqrt(2))))
# + below = lambda x: 0.5 * math.erf((x - mean) / (std * math.sqrt(2)))


# %% equivalent="gaussian: a difference loses what is added to both, case 2"
# - below = lambda x: 0.5 * (1 + math.erf((x - mean) / (std * math.sqrt(2))))
# + below = lambda x: 0.5 * (2 + math.erf((x - mean) / (std * math.sqrt(2))))


# %% equivalent="gaussian: a difference loses what is added to both, case 3"
# - below = lambda x: 0.5 * (1 + math.erf((x - mean) / (std * math.sqrt(2))))
# + below = lambda x: 0.5 * (0 + math.erf((x - mean) / (std * math.sqrt(2))))


# %% equivalent="gaussian: a covariance is symmetric"
# - return (w @ mean, (w @ cov @ w).sqrt())
# + return (w @ mean, (w @ (w @ cov)).sqrt())


# %% equivalent="gaussian: a covariance is symmetric, case 2"
# - return (w @ mean, (w @ cov @ w).sqrt())
# + return (w @ mean, (cov @ w @ w).sqrt())


# %% right="fit: the library's log density, and the library's deviation without n - 1"
def nll(x, mean, log_std):
    return -torch.distributions.Normal(mean, log_std.exp()).log_prob(x).mean()


def fit_normal(x):
    return x.mean(), x.std(correction=0)


# %% right="fit: sums, and E[X²] − E[X]²"
def nll(x, mean, log_std):
    squares = (x - mean).square().sum() / x.numel()
    return 0.5 * squares * torch.exp(-2 * log_std) + log_std + math.log(math.sqrt(2 * math.pi))


def fit_normal(x):
    centred = x - x[0]
    return x.mean(), (centred.square().mean() - centred.mean().square()).clamp(min=0).sqrt()


# %% wrong="fit: the deviation of the library, with n − 1"
def nll(x, mean, log_std):
    return log_std + 0.5 * math.log(2 * math.pi) + 0.5 * (((x - mean) / log_std.exp()) ** 2).mean()


def fit_normal(x):
    return x.mean(), x.std()


# %% wrong="fit: a sum over the observations"
def nll(x, mean, log_std):
    return (log_std + 0.5 * math.log(2 * math.pi) + 0.5 * ((x - mean) / log_std.exp()) ** 2).sum()


def fit_normal(x):
    return x.mean(), x.std(correction=0)


# %% wrong="fit: the constant forgotten"
def nll(x, mean, log_std):
    return log_std + 0.5 * (((x - mean) / log_std.exp()) ** 2).mean()


def fit_normal(x):
    return x.mean(), x.std(correction=0)


# %% wrong="fit: log_std taken for the deviation"
def nll(x, mean, log_std):
    return log_std.log() + 0.5 * math.log(2 * math.pi) + 0.5 * (((x - mean) / log_std) ** 2).mean()


def fit_normal(x):
    return x.mean(), x.std(correction=0)


# %% wrong="fit: without gradients"
def nll(x, mean, log_std):
    with torch.no_grad():
        return log_std + 0.5 * math.log(2 * math.pi) + 0.5 * (((x - mean) / log_std.exp()) ** 2).mean()


def fit_normal(x):
    return x.mean(), x.std(correction=0)


# %% wrong="fit: the median for the mean"
def nll(x, mean, log_std):
    return log_std + 0.5 * math.log(2 * math.pi) + 0.5 * (((x - mean) / log_std.exp()) ** 2).mean()


def fit_normal(x):
    return x.median(), x.std(correction=0)


# %% equivalent="fit: only the negative log-likelihood is to be differentiable"
# spoiler: fit_normal detaches
# spoiler: fit_normal halves gradients


# %% equivalent="fit: a square has no sign"
# - units = (x - mean) / log_std.exp()
# + units = (mean - x) / log_std.exp()


# %% equivalent="fit: a square has no sign, case 2"
# - return (mean, ((x - mean) ** 2).mean().sqrt())
# + return (mean, ((mean - x) ** 2).mean().sqrt())


# %% right="beta: the textbook's variance"
def posterior(a, b, heads, tails):
    return heads + a, tails + b


def beta_moments(a, b):
    return a / (a + b), a * b / ((a + b) ** 2 * (a + b + 1))


def beta_log_density(p, a, b):
    summands = (a - 1) * math.log(p), (b - 1) * math.log(1 - p), math.lgamma(a + b), -math.lgamma(a), -math.lgamma(b)
    return math.fsum(summands)


# %% right="beta: the library's density"
def posterior(a, b, heads, tails):
    return [a + heads, b + tails]


def beta_moments(a, b):
    n = a + b
    return 1 - b / n, (a / n) * (b / n) / (1 + n)


def beta_log_density(p, a, b):
    numbers = [torch.tensor(float(one), dtype=torch.float64) for one in (a, b, p)]
    return torch.distributions.Beta(numbers[0], numbers[1]).log_prob(numbers[2]).item()


# %% wrong="beta: heads and tails exchanged"
def posterior(a, b, heads, tails):
    return a + tails, b + heads


def beta_moments(a, b):
    return a / (a + b), a * b / ((a + b) ** 2 * (a + b + 1))


def beta_log_density(p, a, b):
    return math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + (a - 1) * math.log(p) + (b - 1) * math.log(1 - p)


# %% wrong="beta: exponents a and b"
def posterior(a, b, heads, tails):
    return a + heads, b + tails


def beta_moments(a, b):
    return a / (a + b), a * b / ((a + b) ** 2 * (a + b + 1))


def beta_log_density(p, a, b):
    return math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(p) + b * math.log(1 - p)


# %% wrong="beta: the prior counts one less"
def posterior(a, b, heads, tails):
    return a - 1 + heads, b - 1 + tails


def beta_moments(a, b):
    return a / (a + b), a * b / ((a + b) ** 2 * (a + b + 1))


def beta_log_density(p, a, b):
    return math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + (a - 1) * math.log(p) + (b - 1) * math.log(1 - p)


# %% wrong="beta: the variance without the one more"
def posterior(a, b, heads, tails):
    return a + heads, b + tails


def beta_moments(a, b):
    return a / (a + b), a * b / (a + b) ** 3


def beta_log_density(p, a, b):
    return math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + (a - 1) * math.log(p) + (b - 1) * math.log(1 - p)


# %% wrong="beta: the constant upside down"
def posterior(a, b, heads, tails):
    return a + heads, b + tails


def beta_moments(a, b):
    return a / (a + b), a * b / ((a + b) ** 2 * (a + b + 1))


def beta_log_density(p, a, b):
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b) + (a - 1) * math.log(p) + (b - 1) * math.log(1 - p)


# %% right="shrink: ridge by more rows, lasso by small steps (ISTA)"
def ridge(x, y, penalty):
    d = x.shape[1]
    rows = torch.cat([x, math.sqrt(penalty) * torch.eye(d, dtype=x.dtype)])
    return torch.linalg.lstsq(rows, torch.cat([y, torch.zeros(d, dtype=y.dtype)])).solution


def lasso(x, y, penalty):
    step = 1 / torch.linalg.matrix_norm(x, 2) ** 2
    w = torch.zeros(x.shape[1], dtype=x.dtype)
    for _ in range(5000):
        w = w + step * x.T @ (y - x @ w)
        w = torch.sign(w) * torch.relu(w.abs() - step * penalty)
    return w


# %% right="shrink: an inverse, and Python's numbers in the lasso"
def ridge(x, y, penalty):
    return (x.T @ x + penalty * torch.eye(len(x.T)).double()).inverse() @ (x.T @ y)


def lasso(x, y, penalty):
    gram, target = (x.T @ x).tolist(), (x.T @ y).tolist()
    w = [0.0] * len(target)
    for _ in range(1000):
        for j in range(len(w)):
            rho = target[j] - sum(gram[j][k] * w[k] for k in range(len(w)) if k != j)
            if rho > penalty:
                w[j] = (rho - penalty) / gram[j][j]
            elif rho < -penalty:
                w[j] = (rho + penalty) / gram[j][j]
            else:
                w[j] = 0.0
    return torch.tensor(w, dtype=torch.float64)


# %% wrong="shrink: ridge of the mean squared error"
def ridge(x, y, penalty):
    return torch.linalg.solve(x.T @ x / len(x) + penalty * torch.eye(x.shape[1], dtype=x.dtype), x.T @ y / len(x))


def lasso(x, y, penalty):
    w = torch.zeros(x.shape[1], dtype=x.dtype)
    for _ in range(500):
        for j in range(len(w)):
            w[j] = 0.0
            rho = x[:, j] @ (y - x @ w)
            w[j] = rho.sign() * (rho.abs() - penalty).clamp(min=0) / (x[:, j] @ x[:, j])
    return w


# %% wrong="shrink: one pass only"
def ridge(x, y, penalty):
    return torch.linalg.solve(x.T @ x + penalty * torch.eye(x.shape[1], dtype=x.dtype), x.T @ y)


def lasso(x, y, penalty):
    w = torch.zeros(x.shape[1], dtype=x.dtype)
    for j in range(len(w)):
        rho = x[:, j] @ (y - x @ w)
        w[j] = rho.sign() * (rho.abs() - penalty).clamp(min=0) / (x[:, j] @ x[:, j])
    return w


# %% wrong="shrink: least squares, cut afterwards"
def ridge(x, y, penalty):
    return torch.linalg.solve(x.T @ x + penalty * torch.eye(x.shape[1], dtype=x.dtype), x.T @ y)


def lasso(x, y, penalty):
    w = torch.linalg.lstsq(x, y).solution
    return w.sign() * (w.abs() - penalty).clamp(min=0)


# %% wrong="shrink: positive weights only"
def ridge(x, y, penalty):
    return torch.linalg.solve(x.T @ x + penalty * torch.eye(x.shape[1], dtype=x.dtype), x.T @ y)


def lasso(x, y, penalty):
    w = torch.zeros(x.shape[1], dtype=x.dtype)
    for _ in range(500):
        for j in range(len(w)):
            w[j] = 0.0
            rho = x[:, j] @ (y - x @ w)
            w[j] = (rho - penalty).clamp(min=0) / (x[:, j] @ x[:, j])
    return w


# %% wrong="shrink: subgradient descent never arrives at 0"
def ridge(x, y, penalty):
    return torch.linalg.solve(x.T @ x + penalty * torch.eye(x.shape[1], dtype=x.dtype), x.T @ y)


def lasso(x, y, penalty):
    w = torch.zeros(x.shape[1], dtype=x.dtype)
    for _ in range(2000):
        w = w - 0.002 * (x.T @ (x @ w - y) + penalty * w.sign())
    return w


# %% wrong="shrink: the penalty on the square in the lasso too"
def ridge(x, y, penalty):
    return torch.linalg.solve(x.T @ x + penalty * torch.eye(x.shape[1], dtype=x.dtype), x.T @ y)


def lasso(x, y, penalty):
    return torch.linalg.solve(x.T @ x + penalty * torch.eye(x.shape[1], dtype=x.dtype), x.T @ y)


# %% equivalent="shrink: the sweeps have converged long before"
# - for _ in range(500):
# + for _ in range(1, 500):


# %% equivalent="shrink: the sweeps have converged long before, case 2"
# - for _ in range(500):
# + for _ in range(500 - 1):


# %% equivalent="shrink: the sweeps end at the same weights wherever they begin"
# - w = torch.zeros(x.shape[1], dtype=x.dtype)
# + w = torch.ones(x.shape[1], dtype=x.dtype)


# %% equivalent="shrink: the sweeps have converged long before, case 3"
# - for _ in range(500):
# + for _ in range(501):


# %% equivalent="shrink: the sweeps have converged long before, case 4"
# - for _ in range(500):
# + for _ in range(499):


# %% equivalent="shrink: a dot product does not depend on the order"
# - rho = x[:, j] @ (y - x @ w)
# + rho = (y - x @ w) @ x[:, j]


# %% equivalent="shrink: the product with a table of doubles is one of doubles"
# - return torch.linalg.solve(x.T @ x + penalty * torch.eye(x.shape[1], dtype=x.dtype), x.T @ y)
# + return torch.linalg.solve(x.T @ x + penalty * torch.eye(x.shape[1]), x.T @ y)
