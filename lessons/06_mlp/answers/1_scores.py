# Answers to the exercises of 1_scores.py, right and wrong: what `course audit` grades. No student sees them.

# %% [markdown] explains="log_softmax"
# Subtracting the largest score is the shift that cannot fail: the largest power is $e^0 = 1$, so the sum lies between 1
# and the number of classes, and neither it nor its logarithm can overflow or vanish. The logarithm of a chance is then
# a plain difference of two moderate numbers. In `log_softmax` no chance is ever formed, so none can be rounded to 0.

# %% right="log_softmax: the shift as a constant"
def log_softmax(scores, dim=-1, temperature=1.0):
    scaled = scores / temperature
    top = scaled.max(dim=dim, keepdim=True).values.detach()
    return scaled - top - (scaled - top).exp().sum(dim=dim, keepdim=True).log()


def softmax(scores, dim=-1, temperature=1.0):
    return torch.exp(log_softmax(scores, dim, temperature))


# %% right="log_softmax: softmax from its logarithm"
def log_softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The logarithms of the chances along dim, in the shape of the scores."""
    scores = scores / temperature
    scores = scores - scores.amax(dim=dim, keepdim=True)
    return scores - scores.exp().sum(dim=dim, keepdim=True).log()


def softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The chances along dim, in the shape of the scores."""
    return log_softmax(scores, dim, temperature).exp()


# %% wrong="log_softmax: the largest of the whole table"
def log_softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The logarithms of the chances along dim, in the shape of the scores."""
    scores = scores / temperature
    scores = scores - scores.max()
    return scores - scores.exp().sum(dim=dim, keepdim=True).log()


def softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The chances along dim, in the shape of the scores."""
    scores = scores / temperature
    powers = (scores - scores.max()).exp()
    return powers / powers.sum(dim=dim, keepdim=True)


# %% wrong="log_softmax: the logarithm of a chance"
def log_softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The logarithms of the chances along dim, in the shape of the scores."""
    scores = scores / temperature
    scores = scores - scores.amax(dim=dim, keepdim=True)
    powers = scores.exp()
    return (powers / powers.sum(dim=dim, keepdim=True)).log()


def softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The chances along dim, in the shape of the scores."""
    scores = scores / temperature
    powers = (scores - scores.amax(dim=dim, keepdim=True)).exp()
    return powers / powers.sum(dim=dim, keepdim=True)


# %% wrong="log_softmax: no shift"
def log_softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The logarithms of the chances along dim, in the shape of the scores."""
    scores = scores / temperature
    return scores - scores.exp().sum(dim=dim, keepdim=True).log()


def softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The chances along dim, in the shape of the scores."""
    scores = scores / temperature
    powers = scores.exp()
    return powers / powers.sum(dim=dim, keepdim=True)


# %% wrong="log_softmax: always the last axis"
def log_softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The logarithms of the chances along dim, in the shape of the scores."""
    scores = scores / temperature
    scores = scores - scores.amax(dim=-1, keepdim=True)
    return scores - scores.exp().sum(dim=-1, keepdim=True).log()


def softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The chances along dim, in the shape of the scores."""
    scores = scores / temperature
    powers = (scores - scores.amax(dim=-1, keepdim=True)).exp()
    return powers / powers.sum(dim=-1, keepdim=True)


# %% wrong="log_softmax: multiplies by the temperature"
def log_softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The logarithms of the chances along dim, in the shape of the scores."""
    scores = scores * temperature
    scores = scores - scores.amax(dim=dim, keepdim=True)
    return scores - scores.exp().sum(dim=dim, keepdim=True).log()


def softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The chances along dim, in the shape of the scores."""
    scores = scores * temperature
    powers = (scores - scores.amax(dim=dim, keepdim=True)).exp()
    return powers / powers.sum(dim=dim, keepdim=True)


# %% wrong="log_softmax: the library's"
def log_softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The logarithms of the chances along dim, in the shape of the scores."""
    scores = scores / temperature
    scores = scores - scores.amax(dim=dim, keepdim=True)
    return scores - scores.exp().sum(dim=dim, keepdim=True).log()


def softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The chances along dim, in the shape of the scores."""
    return torch.softmax(scores / temperature, dim)


# %% [markdown] explains="losses"
# Smoothing is linear, so it needs no table of targets: the share $1-\varepsilon$ of the usual cost, and the share
# $\varepsilon$ of the mean cost over all classes. The binary loss in its safe form: $-z y$ is the part that the label
# decides, $\max(z, 0)$ plus the small correction $\log(1 + e^{-|z|})$ is softplus, written so that the exponential only
# ever sees numbers below zero. `log1p` keeps the correction alive where $1 + e^{-|z|}$ would be rounded to 1.


# %% right="losses: one-hot targets"
def nll(log_chances: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood of the labels (n,), from logarithms of chances (n, classes)."""
    rows = torch.arange(len(labels))
    return -log_chances[rows, labels].mean()


def cross_entropy(scores: torch.Tensor, labels: torch.Tensor, smoothing: float = 0.0) -> torch.Tensor:
    """The mean cross-entropy of scores (n, classes) with labels (n,), smoothed by this share."""
    k = scores.shape[1]
    target = F.one_hot(labels, k) * (1 - smoothing) + smoothing / k
    return -(target * torch.log_softmax(scores, dim=1)).sum(dim=1).mean()


def bce_with_logits(z: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """The mean binary cross-entropy of scores z with labels y from 0 to 1."""
    return (torch.clamp(z, min=0) - z * y + torch.log1p(torch.exp(-z.abs()))).mean()


# %% right="losses: softplus for both terms"
def nll(log_chances: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood of the labels (n,), from logarithms of chances (n, classes)."""
    rows = torch.arange(len(labels))
    return -(log_chances[rows, labels].sum() / len(labels))


def cross_entropy(scores: torch.Tensor, labels: torch.Tensor, smoothing: float = 0.0) -> torch.Tensor:
    """The mean cross-entropy of scores (n, classes) with labels (n,), smoothed by this share."""
    logs = torch.log_softmax(scores, dim=1)
    right = logs[torch.arange(len(labels)), labels]
    return -((1 - smoothing) * right + smoothing * logs.mean(dim=1)).mean()


def bce_with_logits(z: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """The mean binary cross-entropy of scores z with labels y from 0 to 1."""
    return (y * F.softplus(-z) + (1 - y) * F.softplus(z)).mean()


# %% wrong="losses: no minus in nll"
def nll(log_chances: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood of the labels (n,), from logarithms of chances (n, classes)."""
    rows = torch.arange(len(labels))
    return log_chances[rows, labels].mean()


def cross_entropy(scores: torch.Tensor, labels: torch.Tensor, smoothing: float = 0.0) -> torch.Tensor:
    """The mean cross-entropy of scores (n, classes) with labels (n,), smoothed by this share."""
    logs = torch.log_softmax(scores, dim=1)
    right = logs[torch.arange(len(labels)), labels]
    return -((1 - smoothing) * right + smoothing * logs.mean(dim=1)).mean()


def bce_with_logits(z: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """The mean binary cross-entropy of scores z with labels y from 0 to 1."""
    return (torch.clamp(z, min=0) - z * y + torch.log1p(torch.exp(-z.abs()))).mean()


# %% wrong="losses: the sum of the rows"
def nll(log_chances: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood of the labels (n,), from logarithms of chances (n, classes)."""
    rows = torch.arange(len(labels))
    return -log_chances[rows, labels].mean()


def cross_entropy(scores: torch.Tensor, labels: torch.Tensor, smoothing: float = 0.0) -> torch.Tensor:
    """The mean cross-entropy of scores (n, classes) with labels (n,), smoothed by this share."""
    logs = torch.log_softmax(scores, dim=1)
    right = logs[torch.arange(len(labels)), labels]
    return -((1 - smoothing) * right + smoothing * logs.mean(dim=1)).sum()


def bce_with_logits(z: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """The mean binary cross-entropy of scores z with labels y from 0 to 1."""
    return (torch.clamp(z, min=0) - z * y + torch.log1p(torch.exp(-z.abs()))).mean()


# %% wrong="losses: smoothing among the wrong classes only"
def nll(log_chances: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood of the labels (n,), from logarithms of chances (n, classes)."""
    rows = torch.arange(len(labels))
    return -log_chances[rows, labels].mean()


def cross_entropy(scores: torch.Tensor, labels: torch.Tensor, smoothing: float = 0.0) -> torch.Tensor:
    """The mean cross-entropy of scores (n, classes) with labels (n,), smoothed by this share."""
    logs = torch.log_softmax(scores, dim=1)
    right = logs[torch.arange(len(labels)), labels]
    return -((1 - smoothing) * right + smoothing * (logs.sum(dim=1) - right) / max(scores.shape[1] - 1, 1)).mean()


def bce_with_logits(z: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """The mean binary cross-entropy of scores z with labels y from 0 to 1."""
    return (torch.clamp(z, min=0) - z * y + torch.log1p(torch.exp(-z.abs()))).mean()


# %% wrong="losses: smoothing ignored"
def nll(log_chances: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood of the labels (n,), from logarithms of chances (n, classes)."""
    rows = torch.arange(len(labels))
    return -log_chances[rows, labels].mean()


def cross_entropy(scores: torch.Tensor, labels: torch.Tensor, smoothing: float = 0.0) -> torch.Tensor:
    """The mean cross-entropy of scores (n, classes) with labels (n,), smoothed by this share."""
    logs = torch.log_softmax(scores, dim=1)
    right = logs[torch.arange(len(labels)), labels]
    return -right.mean()


def bce_with_logits(z: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """The mean binary cross-entropy of scores z with labels y from 0 to 1."""
    return (torch.clamp(z, min=0) - z * y + torch.log1p(torch.exp(-z.abs()))).mean()


# %% wrong="losses: the sigmoid first"
def nll(log_chances: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood of the labels (n,), from logarithms of chances (n, classes)."""
    rows = torch.arange(len(labels))
    return -log_chances[rows, labels].mean()


def cross_entropy(scores: torch.Tensor, labels: torch.Tensor, smoothing: float = 0.0) -> torch.Tensor:
    """The mean cross-entropy of scores (n, classes) with labels (n,), smoothed by this share."""
    logs = torch.log_softmax(scores, dim=1)
    right = logs[torch.arange(len(labels)), labels]
    return -((1 - smoothing) * right + smoothing * logs.mean(dim=1)).mean()


def bce_with_logits(z: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """The mean binary cross-entropy of scores z with labels y from 0 to 1."""
    p = torch.sigmoid(z)
    return -(y * p.log() + (1 - y) * (1 - p).log()).mean()


# %% wrong="losses: only the first term"
def nll(log_chances: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood of the labels (n,), from logarithms of chances (n, classes)."""
    rows = torch.arange(len(labels))
    return -log_chances[rows, labels].mean()


def cross_entropy(scores: torch.Tensor, labels: torch.Tensor, smoothing: float = 0.0) -> torch.Tensor:
    """The mean cross-entropy of scores (n, classes) with labels (n,), smoothed by this share."""
    logs = torch.log_softmax(scores, dim=1)
    right = logs[torch.arange(len(labels)), labels]
    return -((1 - smoothing) * right + smoothing * logs.mean(dim=1)).mean()


def bce_with_logits(z: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """The mean binary cross-entropy of scores z with labels y from 0 to 1."""
    return (y * F.softplus(-z)).mean()


# %% equivalent="losses: the mean of all rows is the mean of their means"
# - return -((1 - smoothing) * right + smoothing * logs.mean(dim=1)).mean()
# + return -((1 - smoothing) * right + smoothing * logs.mean()).mean()


# %% [markdown] explains="softmax_regression"
# Each step computes the chances, subtracts the truth, and sends the difference back through the matrix. With zeros at
# the start, all chances are $1/k$, so the first step already points from each class's mean picture away from the
# overall mean: that is why the weights below look like digits. `argmax` of the chances equals `argmax` of the scores,
# since softmax keeps the order.


# %% right="softmax_regression: by autograd"
def predict(model, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The chances (n, classes) and the likeliest class (n,) of each row; nothing is recorded."""
    with torch.no_grad():
        scores = model(x)
        chances = nn.Softmax(dim=1)(scores)
    return chances, chances.argmax(dim=1)


def accuracy(classes: torch.Tensor, labels: torch.Tensor) -> float:
    """The share of right answers, as a number."""
    return (classes == labels).float().mean().item()


def fit_softmax(x, labels, classes: int, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features, classes) and biases (classes,) after so many steps from zeros."""
    w = torch.zeros(x.shape[1], classes, dtype=x.dtype, requires_grad=True)
    b = torch.zeros(classes, dtype=x.dtype, requires_grad=True)
    opt = torch.optim.SGD([w, b], lr=lr)
    for _ in range(steps):
        opt.zero_grad()
        F.cross_entropy(x @ w + b, labels).backward()
        opt.step()
    return w.detach(), b.detach()


# %% right="softmax_regression: slopes of the right class afterwards"
def predict(model, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The chances (n, classes) and the likeliest class (n,) of each row; nothing is recorded."""
    with torch.no_grad():
        scores = model(x)
        chances = nn.Softmax(dim=1)(scores)
    return chances, chances.argmax(dim=1)


def accuracy(classes: torch.Tensor, labels: torch.Tensor) -> float:
    """The share of right answers, as a number."""
    return (classes == labels).float().mean().item()


def fit_softmax(x, labels, classes: int, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features, classes) and biases (classes,) after so many steps from zeros."""
    w, b = torch.zeros(x.shape[1], classes, dtype=x.dtype), torch.zeros(classes, dtype=x.dtype)
    for _ in range(steps):
        slopes = torch.softmax(x @ w + b, dim=1)
        slopes[torch.arange(len(x)), labels] -= 1
        slopes = slopes / len(x)
        w, b = w - lr * x.T @ slopes, b - lr * slopes.sum(dim=0)
    return w, b


# %% wrong="softmax_regression: slopes of the sum"
def predict(model, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The chances (n, classes) and the likeliest class (n,) of each row; nothing is recorded."""
    with torch.no_grad():
        scores = model(x)
        chances = nn.Softmax(dim=1)(scores)
    return chances, chances.argmax(dim=1)


def accuracy(classes: torch.Tensor, labels: torch.Tensor) -> float:
    """The share of right answers, as a number."""
    return (classes == labels).float().mean().item()


def fit_softmax(x, labels, classes: int, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features, classes) and biases (classes,) after so many steps from zeros."""
    w, b = torch.zeros(x.shape[1], classes, dtype=x.dtype), torch.zeros(classes, dtype=x.dtype)
    truth = F.one_hot(labels, classes)
    for _ in range(steps):
        slopes = torch.softmax(x @ w + b, dim=1) - truth
        w, b = w - lr * x.T @ slopes, b - lr * slopes.sum(dim=0)
    return w, b


# %% wrong="softmax_regression: uphill"
def predict(model, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The chances (n, classes) and the likeliest class (n,) of each row; nothing is recorded."""
    with torch.no_grad():
        scores = model(x)
        chances = nn.Softmax(dim=1)(scores)
    return chances, chances.argmax(dim=1)


def accuracy(classes: torch.Tensor, labels: torch.Tensor) -> float:
    """The share of right answers, as a number."""
    return (classes == labels).float().mean().item()


def fit_softmax(x, labels, classes: int, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features, classes) and biases (classes,) after so many steps from zeros."""
    w, b = torch.zeros(x.shape[1], classes, dtype=x.dtype), torch.zeros(classes, dtype=x.dtype)
    truth = F.one_hot(labels, classes)
    for _ in range(steps):
        slopes = (torch.softmax(x @ w + b, dim=1) - truth) / len(x)
        w, b = w + lr * x.T @ slopes, b + lr * slopes.sum(dim=0)
    return w, b


# %% wrong="softmax_regression: no bias"
def predict(model, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The chances (n, classes) and the likeliest class (n,) of each row; nothing is recorded."""
    with torch.no_grad():
        scores = model(x)
        chances = nn.Softmax(dim=1)(scores)
    return chances, chances.argmax(dim=1)


def accuracy(classes: torch.Tensor, labels: torch.Tensor) -> float:
    """The share of right answers, as a number."""
    return (classes == labels).float().mean().item()


def fit_softmax(x, labels, classes: int, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features, classes) and biases (classes,) after so many steps from zeros."""
    w, b = torch.zeros(x.shape[1], classes, dtype=x.dtype), torch.zeros(classes, dtype=x.dtype)
    truth = F.one_hot(labels, classes)
    for _ in range(steps):
        slopes = (torch.softmax(x @ w + b, dim=1) - truth) / len(x)
        w, b = w - lr * x.T @ slopes, b
    return w, b


# %% wrong="softmax_regression: the mean for the bias"
def predict(model, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The chances (n, classes) and the likeliest class (n,) of each row; nothing is recorded."""
    with torch.no_grad():
        scores = model(x)
        chances = nn.Softmax(dim=1)(scores)
    return chances, chances.argmax(dim=1)


def accuracy(classes: torch.Tensor, labels: torch.Tensor) -> float:
    """The share of right answers, as a number."""
    return (classes == labels).float().mean().item()


def fit_softmax(x, labels, classes: int, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features, classes) and biases (classes,) after so many steps from zeros."""
    w, b = torch.zeros(x.shape[1], classes, dtype=x.dtype), torch.zeros(classes, dtype=x.dtype)
    truth = F.one_hot(labels, classes)
    for _ in range(steps):
        slopes = (torch.softmax(x @ w + b, dim=1) - truth) / len(x)
        w, b = w - lr * x.T @ slopes, b - lr * slopes.mean(dim=0)
    return w, b


# %% wrong="softmax_regression: chances of each column"
def predict(model, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The chances (n, classes) and the likeliest class (n,) of each row; nothing is recorded."""
    with torch.no_grad():
        scores = model(x)
        chances = nn.Softmax(dim=0)(scores)
    return chances, chances.argmax(dim=1)


def accuracy(classes: torch.Tensor, labels: torch.Tensor) -> float:
    """The share of right answers, as a number."""
    return (classes == labels).float().mean().item()


def fit_softmax(x, labels, classes: int, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features, classes) and biases (classes,) after so many steps from zeros."""
    w, b = torch.zeros(x.shape[1], classes, dtype=x.dtype), torch.zeros(classes, dtype=x.dtype)
    truth = F.one_hot(labels, classes)
    for _ in range(steps):
        slopes = (torch.softmax(x @ w + b, dim=1) - truth) / len(x)
        w, b = w - lr * x.T @ slopes, b - lr * slopes.sum(dim=0)
    return w, b


# %% wrong="softmax_regression: counts, not a share"
def predict(model, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The chances (n, classes) and the likeliest class (n,) of each row; nothing is recorded."""
    with torch.no_grad():
        scores = model(x)
        chances = nn.Softmax(dim=1)(scores)
    return chances, chances.argmax(dim=1)


def accuracy(classes: torch.Tensor, labels: torch.Tensor) -> float:
    """The share of right answers, as a number."""
    return (classes == labels).float().sum().item()


def fit_softmax(x, labels, classes: int, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features, classes) and biases (classes,) after so many steps from zeros."""
    w, b = torch.zeros(x.shape[1], classes, dtype=x.dtype), torch.zeros(classes, dtype=x.dtype)
    truth = F.one_hot(labels, classes)
    for _ in range(steps):
        slopes = (torch.softmax(x @ w + b, dim=1) - truth) / len(x)
        w, b = w - lr * x.T @ slopes, b - lr * slopes.sum(dim=0)
    return w, b


# %% equivalent="softmax_regression: only float32 is asked for"
# - w, b = (torch.zeros(x.shape[1], classes, dtype=x.dtype), torch.zeros(classes, dtype=x.dtype))
# + w, b = (torch.zeros(x.shape[1], classes), torch.zeros(classes, dtype=x.dtype))


# %% equivalent="softmax_regression: only float32 is asked for, case 2"
# - w, b = (torch.zeros(x.shape[1], classes, dtype=x.dtype), torch.zeros(classes, dtype=x.dtype))
# + w, b = (torch.zeros(x.shape[1], classes, dtype=x.dtype), torch.zeros(classes))


# %% equivalent="softmax_regression: of a table of scores torch takes the classes by itself"
# - chances = nn.Softmax(dim=1)(scores)
# + chances = nn.Softmax()(scores)


# %% [markdown] explains="hints"
# `*losses: float` hints one loss, not the tuple, because that is what a caller passes. The alias costs nothing:
# `Losses` *is* `list[float]`, and wherever it stands the reader learns what the floats mean. `Any` is honest for a
# function that takes whatever comes; used out of laziness it switches the checker off.

# %% right="hints: bars and typing's names"
from typing import List

Losses = List[float]


def how_many(thing: Any) -> int:
    """How many entries anything has: a tensor, a list, a number (which has one)."""
    return thing.numel() if isinstance(thing, torch.Tensor) else len(thing) if hasattr(thing, "__len__") else 1


def joined(*losses: float) -> Losses:
    """The losses, each given as an argument of its own, as a list of floats."""
    return list(losses)


def last_loss(log: list | dict) -> float:
    """The last loss (a float) of a log that is either a list of losses or a dictionary from epochs to losses."""
    return (list(log.values()) if isinstance(log, dict) else log)[-1]


# %% right="hints: the contents too"
Losses = list[float]


def how_many(thing: Any) -> int:
    """How many entries anything has: a tensor, a list, a number (which has one)."""
    return thing.numel() if isinstance(thing, torch.Tensor) else len(thing) if hasattr(thing, "__len__") else 1


def joined(*losses: float) -> Losses:
    """The losses, each given as an argument of its own, as a list of floats."""
    return list(losses)


def last_loss(log: Union[Losses, dict[int, float]]) -> float:
    """The last loss (a float) of a log that is either a list of losses or a dictionary from epochs to losses."""
    return (list(log.values()) if isinstance(log, dict) else log)[-1]


# %% wrong="hints: a tuple of floats for the star"
Losses = list[float]


def how_many(thing: Any) -> int:
    """How many entries anything has: a tensor, a list, a number (which has one)."""
    return thing.numel() if isinstance(thing, torch.Tensor) else len(thing) if hasattr(thing, "__len__") else 1


def joined(*losses: tuple[float]) -> Losses:
    """The losses, each given as an argument of its own, as a list of floats."""
    return list(losses)


def last_loss(log: Union[list, dict]) -> float:
    """The last loss (a float) of a log that is either a list of losses or a dictionary from epochs to losses."""
    return (list(log.values()) if isinstance(log, dict) else log)[-1]


# %% wrong="hints: a list alone"
Losses = list[float]


def how_many(thing: Any) -> int:
    """How many entries anything has: a tensor, a list, a number (which has one)."""
    return thing.numel() if isinstance(thing, torch.Tensor) else len(thing) if hasattr(thing, "__len__") else 1


def joined(*losses: float) -> Losses:
    """The losses, each given as an argument of its own, as a list of floats."""
    return list(losses)


def last_loss(log: list) -> float:
    """The last loss (a float) of a log that is either a list of losses or a dictionary from epochs to losses."""
    return (list(log.values()) if isinstance(log, dict) else log)[-1]


# %% wrong="hints: a bare list"
Losses = list


def how_many(thing: Any) -> int:
    """How many entries anything has: a tensor, a list, a number (which has one)."""
    return thing.numel() if isinstance(thing, torch.Tensor) else len(thing) if hasattr(thing, "__len__") else 1


def joined(*losses: float) -> Losses:
    """The losses, each given as an argument of its own, as a list of floats."""
    return list(losses)


def last_loss(log: Union[list, dict]) -> float:
    """The last loss (a float) of a log that is either a list of losses or a dictionary from epochs to losses."""
    return (list(log.values()) if isinstance(log, dict) else log)[-1]


# %% wrong="hints: a float for a count"
Losses = list[float]


def how_many(thing: Any) -> float:
    """How many entries anything has: a tensor, a list, a number (which has one)."""
    return thing.numel() if isinstance(thing, torch.Tensor) else len(thing) if hasattr(thing, "__len__") else 1


def joined(*losses: float) -> Losses:
    """The losses, each given as an argument of its own, as a list of floats."""
    return list(losses)


def last_loss(log: Union[list, dict]) -> float:
    """The last loss (a float) of a log that is either a list of losses or a dictionary from epochs to losses."""
    return (list(log.values()) if isinstance(log, dict) else log)[-1]


# %% wrong="hints: object for Any"
Losses = list[float]


def how_many(thing: object) -> int:
    """How many entries anything has: a tensor, a list, a number (which has one)."""
    return thing.numel() if isinstance(thing, torch.Tensor) else len(thing) if hasattr(thing, "__len__") else 1


def joined(*losses: float) -> Losses:
    """The losses, each given as an argument of its own, as a list of floats."""
    return list(losses)


def last_loss(log: Union[list, dict]) -> float:
    """The last loss (a float) of a log that is either a list of losses or a dictionary from epochs to losses."""
    return (list(log.values()) if isinstance(log, dict) else log)[-1]


# %% equivalent="hints: type hints are written in the signature of a function"
# keeper: is an object


# %% equivalent="hints: a union has no order"
# - def last_loss(log: Union[list, dict]) -> float:
# + def last_loss(log: Union[dict, list]) -> float:
