# Answers as somebody would write who has read only the released notebook: what `course audit` grades and counts apart.
# No student sees them.

# %% right="log_softmax: helpers for both"
def shifted(scores, dim, temperature):
    scores = scores / temperature
    return scores - torch.amax(scores, dim, keepdim=True)


def log_softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    s = shifted(scores, dim, temperature)
    return s - torch.log(torch.sum(torch.exp(s), dim, keepdim=True))


def softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    e = torch.exp(shifted(scores, dim, temperature))
    return e / torch.sum(e, dim, keepdim=True)


# %% right="log_softmax: log1p of the others' share is not needed"
def log_softmax(scores, dim=-1, temperature=1.0):
    z = scores.div(temperature)
    z = z.sub(z.amax(dim, True))
    return z.sub(z.exp().sum(dim, True).log())


def softmax(scores, dim=-1, temperature=1.0):
    return log_softmax(scores, dim=dim, temperature=temperature).exp()


# %% right="log_softmax: axis moved to the end and back"
def log_softmax(scores, dim=-1, temperature=1.0):
    z = (scores / temperature).movedim(dim, -1)
    m = z.max(dim=-1, keepdim=True)[0]
    total = ((z - m).exp()).sum(-1, keepdim=True).log() + m
    return (z - m - (total - m)).movedim(-1, dim)


def softmax(scores, dim=-1, temperature=1.0):
    return log_softmax(scores, dim, temperature).exp()


# %% wrong="log_softmax: shift by the mean; breaks: scores far apart"
def log_softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The logarithms of the chances along dim, in the shape of the scores."""
    scores = scores / temperature
    scores = scores - scores.mean(dim=dim, keepdim=True)
    return scores - scores.exp().sum(dim=dim, keepdim=True).log()


def softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The chances along dim, in the shape of the scores."""
    scores = scores / temperature
    powers = (scores - scores.mean(dim=dim, keepdim=True)).exp()
    return powers / powers.sum(dim=dim, keepdim=True)


# %% wrong="log_softmax: temperature forgotten in softmax; breaks: both are divided"
def log_softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The logarithms of the chances along dim, in the shape of the scores."""
    scores = scores / temperature
    scores = scores - scores.amax(dim=dim, keepdim=True)
    return scores - scores.exp().sum(dim=dim, keepdim=True).log()


def softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The chances along dim, in the shape of the scores."""
    powers = (scores - scores.amax(dim=dim, keepdim=True)).exp()
    return powers / powers.sum(dim=dim, keepdim=True)


# %% wrong="log_softmax: a small number inside the logarithm; breaks: tiny chances"
def log_softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The logarithms of the chances along dim, in the shape of the scores."""
    scores = scores / temperature
    scores = scores - scores.amax(dim=dim, keepdim=True)
    powers = scores.exp()
    return (powers / powers.sum(dim=dim, keepdim=True) + 1e-12).log()


def softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The chances along dim, in the shape of the scores."""
    scores = scores / temperature
    powers = (scores - scores.amax(dim=dim, keepdim=True)).exp()
    return powers / powers.sum(dim=dim, keepdim=True)


# %% wrong="log_softmax: divides after the shift's exponential; breaks: temperature before all else"
def log_softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The logarithms of the chances along dim, in the shape of the scores."""
    scores = scores / temperature
    scores = scores - scores.amax(dim=dim, keepdim=True)
    return scores - scores.exp().sum(dim=dim, keepdim=True).log()


def softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The chances along dim, in the shape of the scores."""
    powers = (scores - scores.amax(dim=dim, keepdim=True)).exp() / temperature
    return powers / powers.sum(dim=dim, keepdim=True)


# %% wrong="log_softmax: scores cut at 80; breaks: any size"
def log_softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The logarithms of the chances along dim, in the shape of the scores."""
    scores = scores / temperature
    scores = scores.clamp(-80, 80)
    return scores - scores.exp().sum(dim=dim, keepdim=True).log()


def softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The chances along dim, in the shape of the scores."""
    scores = scores / temperature
    powers = scores.clamp(-80, 80).exp()
    return powers / powers.sum(dim=dim, keepdim=True)


# %% wrong="log_softmax: base two; breaks: natural logarithm"
def log_softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The logarithms of the chances along dim, in the shape of the scores."""
    scores = scores / temperature
    scores = scores - scores.amax(dim=dim, keepdim=True)
    return scores - scores.exp().sum(dim=dim, keepdim=True).log2()


def softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The chances along dim, in the shape of the scores."""
    scores = scores / temperature
    powers = (scores - scores.amax(dim=dim, keepdim=True)).exp()
    return powers / powers.sum(dim=dim, keepdim=True)


# %% right="losses: gather"
def nll(log_chances: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood of the labels (n,), from logarithms of chances (n, classes)."""
    rows = torch.arange(len(labels))
    return -log_chances.gather(1, labels[:, None]).mean()


def cross_entropy(scores: torch.Tensor, labels: torch.Tensor, smoothing: float = 0.0) -> torch.Tensor:
    """The mean cross-entropy of scores (n, classes) with labels (n,), smoothed by this share."""
    logs = torch.log_softmax(scores, dim=1)
    right = logs[torch.arange(len(labels)), labels]
    return -((1 - smoothing) * right + smoothing * logs.mean(dim=1)).mean()


def bce_with_logits(z: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """The mean binary cross-entropy of scores z with labels y from 0 to 1."""
    return (torch.clamp(z, min=0) - z * y + torch.log1p(torch.exp(-z.abs()))).mean()


# %% right="losses: with log-sigmoid"
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
    return -(y * F.logsigmoid(z) + (1 - y) * F.logsigmoid(-z)).mean()


# %% right="losses: logsumexp"
def nll(log_chances: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood of the labels (n,), from logarithms of chances (n, classes)."""
    rows = torch.arange(len(labels))
    return -log_chances[rows, labels].mean()


def cross_entropy(scores: torch.Tensor, labels: torch.Tensor, smoothing: float = 0.0) -> torch.Tensor:
    """The mean cross-entropy of scores (n, classes) with labels (n,), smoothed by this share."""
    logs = scores - torch.logsumexp(scores, dim=1, keepdim=True)
    right = logs[torch.arange(len(labels)), labels]
    return -((1 - smoothing) * right + smoothing * logs.mean(dim=1)).mean()


def bce_with_logits(z: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """The mean binary cross-entropy of scores z with labels y from 0 to 1."""
    return (torch.relu(z) - z * y + torch.log1p(torch.exp(-z.abs()))).mean()


# %% wrong="losses: a column, not the labels; breaks: each row's label"
def nll(log_chances: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood of the labels (n,), from logarithms of chances (n, classes)."""
    rows = torch.arange(len(labels))
    return -log_chances[:, labels].mean()


def cross_entropy(scores: torch.Tensor, labels: torch.Tensor, smoothing: float = 0.0) -> torch.Tensor:
    """The mean cross-entropy of scores (n, classes) with labels (n,), smoothed by this share."""
    logs = torch.log_softmax(scores, dim=1)
    right = logs[torch.arange(len(labels)), labels]
    return -((1 - smoothing) * right + smoothing * logs.mean(dim=1)).mean()


def bce_with_logits(z: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """The mean binary cross-entropy of scores z with labels y from 0 to 1."""
    return (torch.clamp(z, min=0) - z * y + torch.log1p(torch.exp(-z.abs()))).mean()


# %% wrong="losses: softmax of logarithms once more; breaks: nll takes logarithms"
def nll(log_chances: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood of the labels (n,), from logarithms of chances (n, classes)."""
    rows = torch.arange(len(labels))
    return -log_chances.log_softmax(dim=1)[rows, labels].mean()


def cross_entropy(scores: torch.Tensor, labels: torch.Tensor, smoothing: float = 0.0) -> torch.Tensor:
    """The mean cross-entropy of scores (n, classes) with labels (n,), smoothed by this share."""
    logs = torch.log_softmax(scores, dim=1)
    right = logs[torch.arange(len(labels)), labels]
    return -((1 - smoothing) * right + smoothing * logs.mean(dim=1)).mean()


def bce_with_logits(z: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """The mean binary cross-entropy of scores z with labels y from 0 to 1."""
    return (torch.clamp(z, min=0) - z * y + torch.log1p(torch.exp(-z.abs()))).mean()


# %% wrong="losses: log1p of exp(-z); breaks: z = -300"
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
    return ((1 - y) * z + torch.log1p(torch.exp(-z))).mean()


# %% wrong="losses: chances held away from 0 and 1; breaks: 200 costs 200"
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
    p = torch.sigmoid(z).clamp(1e-7, 1 - 1e-7)
    return -(y * p.log() + (1 - y) * (1 - p).log()).mean()


# %% wrong="losses: the labels rounded; breaks: labels in between"
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
    return (torch.clamp(z, min=0) - z * y.round() + torch.log1p(torch.exp(-z.abs()))).mean()


# %% wrong="losses: the whole share for the right class; breaks: 1 - smoothing"
def nll(log_chances: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood of the labels (n,), from logarithms of chances (n, classes)."""
    rows = torch.arange(len(labels))
    return -log_chances[rows, labels].mean()


def cross_entropy(scores: torch.Tensor, labels: torch.Tensor, smoothing: float = 0.0) -> torch.Tensor:
    """The mean cross-entropy of scores (n, classes) with labels (n,), smoothed by this share."""
    logs = torch.log_softmax(scores, dim=1)
    right = logs[torch.arange(len(labels)), labels]
    return -(right + smoothing * logs.mean(dim=1)).mean()


def bce_with_logits(z: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """The mean binary cross-entropy of scores z with labels y from 0 to 1."""
    return (torch.clamp(z, min=0) - z * y + torch.log1p(torch.exp(-z.abs()))).mean()


# %% right="softmax_regression: weights and bias in one table"
def predict(model, x):
    with torch.no_grad():
        chances = nn.Softmax(dim=-1)(model(x))
    return chances, chances.argmax(-1)


def accuracy(classes, labels):
    return float((classes == labels).float().mean())


def fit_softmax(x, labels, classes, lr, steps):
    table = torch.cat([x, torch.ones_like(x[:, :1])], dim=1)
    weights = torch.zeros(table.shape[1], classes, dtype=x.dtype)
    for _ in range(steps):
        error = torch.softmax(table @ weights, 1) - torch.eye(classes, dtype=x.dtype)[labels]
        weights = weights - lr / len(x) * table.T @ error
    return weights[:-1], weights[-1]


# %% right="softmax_regression: einsum and log-softmax"
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
        slopes = torch.log_softmax(torch.einsum("nf,fk->nk", x, w) + b, dim=1).exp() - truth
        w = w - lr * torch.einsum("nf,nk->fk", x, slopes) / len(x)
        b = b - lr * slopes.mean(dim=0)
    return w, b


# %% right="softmax_regression: a module of PyTorch, copied out"
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
    layer = nn.Linear(x.shape[1], classes).to(x.dtype)
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    for _ in range(steps):
        layer.zero_grad()
        nn.CrossEntropyLoss()(layer(x), labels).backward()
        with torch.no_grad():
            for p in layer.parameters():
                p -= lr * p.grad
    return layer.weight.detach().T, layer.bias.detach()


# %% wrong="softmax_regression: a random start; breaks: from zeros"
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
    w, b = 0.1 * torch.randn(x.shape[1], classes, dtype=x.dtype), torch.zeros(classes, dtype=x.dtype)
    truth = F.one_hot(labels, classes)
    for _ in range(steps):
        slopes = (torch.softmax(x @ w + b, dim=1) - truth) / len(x)
        w, b = w - lr * x.T @ slopes, b - lr * slopes.sum(dim=0)
    return w, b


# %% wrong="softmax_regression: row after row; breaks: over all rows"
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
        for one, label in zip(x, truth):
            slope = (torch.softmax(one @ w + b, dim=0) - label) / len(x)
            w, b = w - lr * torch.outer(one, slope), b - lr * slope
    return w, b


# %% wrong="softmax_regression: squared error; breaks: cross-entropy"
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
        slopes = (x @ w + b - truth) / len(x)
        w, b = w - lr * x.T @ slopes, b - lr * slopes.sum(dim=0)
    return w, b


# %% wrong="softmax_regression: gradients pile up; breaks: each step has its own"
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
    w.requires_grad_(), b.requires_grad_()
    for _ in range(steps):
        F.cross_entropy(x @ w + b, labels).backward()
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
    return w.detach(), b.detach()


# %% wrong="softmax_regression: one step too few; breaks: so many steps"
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
    for _ in range(steps - 1):
        slopes = (torch.softmax(x @ w + b, dim=1) - truth) / len(x)
        w, b = w - lr * x.T @ slopes, b - lr * slopes.sum(dim=0)
    return w, b


# %% wrong="softmax_regression: bias from the new weights; breaks: one gradient for both"
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
        w = w - lr * x.T @ slopes
        b = b - lr * ((torch.softmax(x @ w + b, dim=1) - truth) / len(x)).sum(dim=0)
    return w, b


# %% right="hints: the order turned round"
Losses = list[float]


def how_many(thing: Any) -> int:
    """How many entries anything has: a tensor, a list, a number (which has one)."""
    return thing.numel() if isinstance(thing, torch.Tensor) else len(thing) if hasattr(thing, "__len__") else 1


def joined(*losses: float) -> Losses:
    """The losses, each given as an argument of its own, as a list of floats."""
    return list(losses)


def last_loss(log: Union[dict, list]) -> float:
    """The last loss (a float) of a log that is either a list of losses or a dictionary from epochs to losses."""
    return (list(log.values()) if isinstance(log, dict) else log)[-1]


# %% right="hints: typing's Dict and List"
import typing

Losses = typing.List[float]


def how_many(thing: Any) -> int:
    """How many entries anything has: a tensor, a list, a number (which has one)."""
    return thing.numel() if isinstance(thing, torch.Tensor) else len(thing) if hasattr(thing, "__len__") else 1


def joined(*losses: float) -> Losses:
    """The losses, each given as an argument of its own, as a list of floats."""
    return list(losses)


def last_loss(log: Union[typing.List, typing.Dict]) -> float:
    """The last loss (a float) of a log that is either a list of losses or a dictionary from epochs to losses."""
    return (list(log.values()) if isinstance(log, dict) else log)[-1]


# %% right="hints: bar, and names of the contents"
Losses = list[float]


def how_many(thing: Any) -> int:
    """How many entries anything has: a tensor, a list, a number (which has one)."""
    return thing.numel() if isinstance(thing, torch.Tensor) else len(thing) if hasattr(thing, "__len__") else 1


def joined(*losses: float) -> Losses:
    """The losses, each given as an argument of its own, as a list of floats."""
    return list(losses)


def last_loss(log: list[float] | dict[int, float]) -> float:
    """The last loss (a float) of a log that is either a list of losses or a dictionary from epochs to losses."""
    return (list(log.values()) if isinstance(log, dict) else log)[-1]


# %% wrong="hints: Losses for each loss; breaks: the hint of one"
Losses = list[float]


def how_many(thing: Any) -> int:
    """How many entries anything has: a tensor, a list, a number (which has one)."""
    return thing.numel() if isinstance(thing, torch.Tensor) else len(thing) if hasattr(thing, "__len__") else 1


def joined(*losses: Losses) -> Losses:
    """The losses, each given as an argument of its own, as a list of floats."""
    return list(losses)


def last_loss(log: Union[list, dict]) -> float:
    """The last loss (a float) of a log that is either a list of losses or a dictionary from epochs to losses."""
    return (list(log.values()) if isinstance(log, dict) else log)[-1]


# %% wrong="hints: list of whole numbers; breaks: losses are floats"
Losses = list[int]


def how_many(thing: Any) -> int:
    """How many entries anything has: a tensor, a list, a number (which has one)."""
    return thing.numel() if isinstance(thing, torch.Tensor) else len(thing) if hasattr(thing, "__len__") else 1


def joined(*losses: float) -> Losses:
    """The losses, each given as an argument of its own, as a list of floats."""
    return list(losses)


def last_loss(log: Union[list, dict]) -> float:
    """The last loss (a float) of a log that is either a list of losses or a dictionary from epochs to losses."""
    return (list(log.values()) if isinstance(log, dict) else log)[-1]


# %% wrong="hints: Any for the log; breaks: a list or a dictionary"
Losses = list[float]


def how_many(thing: Any) -> int:
    """How many entries anything has: a tensor, a list, a number (which has one)."""
    return thing.numel() if isinstance(thing, torch.Tensor) else len(thing) if hasattr(thing, "__len__") else 1


def joined(*losses: float) -> Losses:
    """The losses, each given as an argument of its own, as a list of floats."""
    return list(losses)


def last_loss(log: Any) -> float:
    """The last loss (a float) of a log that is either a list of losses or a dictionary from epochs to losses."""
    return (list(log.values()) if isinstance(log, dict) else log)[-1]


# %% wrong="hints: None as a possible result; breaks: a float comes back"
Losses = list[float]


def how_many(thing: Any) -> int:
    """How many entries anything has: a tensor, a list, a number (which has one)."""
    return thing.numel() if isinstance(thing, torch.Tensor) else len(thing) if hasattr(thing, "__len__") else 1


def joined(*losses: float) -> Losses:
    """The losses, each given as an argument of its own, as a list of floats."""
    return list(losses)


def last_loss(log: Union[list, dict]) -> Union[float, None]:
    """The last loss (a float) of a log that is either a list of losses or a dictionary from epochs to losses."""
    return (list(log.values()) if isinstance(log, dict) else log)[-1]


# %% wrong="hints: only a hint for what comes in; breaks: what goes out"
Losses = list[float]


def how_many(thing: Any):
    """How many entries anything has: a tensor, a list, a number (which has one)."""
    return thing.numel() if isinstance(thing, torch.Tensor) else len(thing) if hasattr(thing, "__len__") else 1


def joined(*losses: float) -> Losses:
    """The losses, each given as an argument of its own, as a list of floats."""
    return list(losses)


def last_loss(log: Union[list, dict]) -> float:
    """The last loss (a float) of a log that is either a list of losses or a dictionary from epochs to losses."""
    return (list(log.values()) if isinstance(log, dict) else log)[-1]


# %% right="bends: maximum with zeros_like"
class ReLU:
    """The larger of x and 0, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return x * (x > 0)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return (x > 0).astype(x.dtype)


class Sigmoid:
    """The logistic sigmoid, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-x))

    def slope(self, x: np.ndarray) -> np.ndarray:
        y = self(x)
        return y - y**2


class Tanh:
    """The hyperbolic tangent, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return np.tanh(x)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return 1 - self(x) ** 2


class ReLULayer(nn.Module):
    """ReLU as a layer without parameters."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.maximum(x, torch.zeros_like(x))


# %% right="bends: absolute values"
class ReLU:
    """The larger of x and 0, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return (x + abs(x)) / 2

    def slope(self, x: np.ndarray) -> np.ndarray:
        return (x > 0).astype(x.dtype)


class Sigmoid:
    """The logistic sigmoid, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-x))

    def slope(self, x: np.ndarray) -> np.ndarray:
        y = self(x)
        return y * (1 - y)


class Tanh:
    """The hyperbolic tangent, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return np.tanh(x)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return 1 - self(x) ** 2


class ReLULayer(nn.Module):
    """ReLU as a layer without parameters."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return (x + x.abs()) / 2


# %% right="bends: slope from the exponentials"
class ReLU:
    """The larger of x and 0, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return x * (x > 0)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return np.heaviside(x, 0.0).astype(x.dtype)


class Sigmoid:
    """The logistic sigmoid, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-x))

    def slope(self, x: np.ndarray) -> np.ndarray:
        return np.exp(-x) / (1 + np.exp(-x)) ** 2


class Tanh:
    """The hyperbolic tangent, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return np.tanh(x)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return 1 - self(x) ** 2


class ReLULayer(nn.Module):
    """ReLU as a layer without parameters."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.maximum(x, torch.tensor(0.0))


# %% wrong="bends: truth values as slopes; breaks: numbers"
class ReLU:
    """The larger of x and 0, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return x * (x > 0)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return x > 0


class Sigmoid:
    """The logistic sigmoid, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-x))

    def slope(self, x: np.ndarray) -> np.ndarray:
        y = self(x)
        return y * (1 - y)


class Tanh:
    """The hyperbolic tangent, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return np.tanh(x)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return 1 - self(x) ** 2


class ReLULayer(nn.Module):
    """ReLU as a layer without parameters."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.maximum(x, torch.tensor(0.0))


# %% wrong="bends: slope of ReLU by sign; breaks: 0 below zero"
class ReLU:
    """The larger of x and 0, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return x * (x > 0)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return np.sign(x)


class Sigmoid:
    """The logistic sigmoid, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-x))

    def slope(self, x: np.ndarray) -> np.ndarray:
        y = self(x)
        return y * (1 - y)


class Tanh:
    """The hyperbolic tangent, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return np.tanh(x)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return 1 - self(x) ** 2


class ReLULayer(nn.Module):
    """ReLU as a layer without parameters."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.maximum(x, torch.tensor(0.0))


# %% wrong="bends: the absolute value; breaks: 0 below zero"
class ReLU:
    """The larger of x and 0, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return abs(x)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return (x > 0).astype(x.dtype)


class Sigmoid:
    """The logistic sigmoid, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-x))

    def slope(self, x: np.ndarray) -> np.ndarray:
        y = self(x)
        return y * (1 - y)


class Tanh:
    """The hyperbolic tangent, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return np.tanh(x)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return 1 - self(x) ** 2


class ReLULayer(nn.Module):
    """ReLU as a layer without parameters."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.maximum(x, torch.tensor(0.0))


# %% wrong="bends: a minus too many; breaks: sigmoid's slope"
class ReLU:
    """The larger of x and 0, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return x * (x > 0)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return (x > 0).astype(x.dtype)


class Sigmoid:
    """The logistic sigmoid, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-x))

    def slope(self, x: np.ndarray) -> np.ndarray:
        y = self(x)
        return y * (y - 1)


class Tanh:
    """The hyperbolic tangent, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return np.tanh(x)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return 1 - self(x) ** 2


class ReLULayer(nn.Module):
    """ReLU as a layer without parameters."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.maximum(x, torch.tensor(0.0))


# %% wrong="bends: largest entry of the tensor; breaks: entry by entry"
class ReLU:
    """The larger of x and 0, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return x * (x > 0)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return (x > 0).astype(x.dtype)


class Sigmoid:
    """The logistic sigmoid, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-x))

    def slope(self, x: np.ndarray) -> np.ndarray:
        y = self(x)
        return y * (1 - y)


class Tanh:
    """The hyperbolic tangent, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return np.tanh(x)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return 1 - self(x) ** 2


class ReLULayer(nn.Module):
    """ReLU as a layer without parameters."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.max(x).clamp(min=0)


# %% wrong="bends: detached; breaks: slopes pass"
class ReLU:
    """The larger of x and 0, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return x * (x > 0)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return (x > 0).astype(x.dtype)


class Sigmoid:
    """The logistic sigmoid, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-x))

    def slope(self, x: np.ndarray) -> np.ndarray:
        y = self(x)
        return y * (1 - y)


class Tanh:
    """The hyperbolic tangent, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return np.tanh(x)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return 1 - self(x) ** 2


class ReLULayer(nn.Module):
    """ReLU as a layer without parameters."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.maximum(x.detach(), torch.tensor(0.0))


# %% right="smooth: the normal distribution of torch"
def leaky_relu(x: torch.Tensor, alpha: float) -> torch.Tensor:
    """x above zero, alpha x below; alpha is any number."""
    return torch.where(x > 0, x, alpha * x)


class PReLU(nn.Module):
    """Leaky ReLU with a learnt alpha for each channel."""

    def __init__(self, channels: int, start: float = 0.25):
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels,), start))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        alpha = self.weight.reshape(-1, *[1] * (x.ndim - 2))
        return torch.where(x > 0, x, alpha * x)


def gelu(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of GELU at x, and its slopes."""
    z = torch.distributions.Normal(0.0, 1.0)
    return x * z.cdf(x), z.cdf(x) + x * z.log_prob(x).exp()


def swish(x: torch.Tensor, beta: float = 1.0) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of swish at x, and its slopes."""
    share = torch.sigmoid(beta * x)
    return x * share, share + beta * x * share * (1 - share)


# %% right="smooth: the axis from behind"
def leaky_relu(x: torch.Tensor, alpha: float) -> torch.Tensor:
    """x above zero, alpha x below; alpha is any number."""
    return torch.where(x > 0, x, alpha * x)


class PReLU(nn.Module):
    """Leaky ReLU with a learnt alpha for each channel."""

    def __init__(self, channels: int, start: float = 0.25):
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels,), start))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        moved = x.movedim(1, -1)
        return torch.where(moved > 0, moved, moved * self.weight).movedim(-1, 1)


def gelu(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of GELU at x, and its slopes."""
    below = (1 + torch.erf(x / math.sqrt(2))) / 2
    density = torch.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    return x * below, below + x * density


def swish(x: torch.Tensor, beta: float = 1.0) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of swish at x, and its slopes."""
    share = torch.sigmoid(beta * x)
    return x * share, share + beta * x * share * (1 - share)


# %% right="smooth: masks"
def leaky_relu(x: torch.Tensor, alpha: float) -> torch.Tensor:
    """x above zero, alpha x below."""
    mask = (x > 0).to(x.dtype)
    return x * mask + alpha * x * (1 - mask)


class PReLU(nn.Module):
    """Leaky ReLU with a learnt alpha for each channel."""

    def __init__(self, channels: int, start: float = 0.25):
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels,), start))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        alpha = self.weight.reshape(-1, *[1] * (x.ndim - 2))
        return torch.where(x > 0, x, alpha * x)


def gelu(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of GELU at x, and its slopes."""
    below = (1 + torch.erf(x / math.sqrt(2))) / 2
    density = torch.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    return x * below, below + x * density


def swish(x: torch.Tensor, beta: float = 1.0) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of swish at x, and its slopes."""
    share = torch.sigmoid(beta * x)
    return x * share, share + beta * x * share * (1 - share)


# %% wrong="smooth: erf of x; breaks: divided by the root of two"
def leaky_relu(x: torch.Tensor, alpha: float) -> torch.Tensor:
    """x above zero, alpha x below; alpha is any number."""
    return torch.where(x > 0, x, alpha * x)


class PReLU(nn.Module):
    """Leaky ReLU with a learnt alpha for each channel."""

    def __init__(self, channels: int, start: float = 0.25):
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels,), start))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        alpha = self.weight.reshape(-1, *[1] * (x.ndim - 2))
        return torch.where(x > 0, x, alpha * x)


def gelu(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of GELU at x, and its slopes."""
    below = (1 + torch.erf(x)) / 2
    density = torch.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    return x * below, below + x * density


def swish(x: torch.Tensor, beta: float = 1.0) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of swish at x, and its slopes."""
    share = torch.sigmoid(beta * x)
    return x * share, share + beta * x * share * (1 - share)


# %% wrong="smooth: density without its root; breaks: normal density"
def leaky_relu(x: torch.Tensor, alpha: float) -> torch.Tensor:
    """x above zero, alpha x below; alpha is any number."""
    return torch.where(x > 0, x, alpha * x)


class PReLU(nn.Module):
    """Leaky ReLU with a learnt alpha for each channel."""

    def __init__(self, channels: int, start: float = 0.25):
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels,), start))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        alpha = self.weight.reshape(-1, *[1] * (x.ndim - 2))
        return torch.where(x > 0, x, alpha * x)


def gelu(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of GELU at x, and its slopes."""
    below = (1 + torch.erf(x / math.sqrt(2))) / 2
    density = torch.exp(-(x**2) / 2)
    return x * below, below + x * density


def swish(x: torch.Tensor, beta: float = 1.0) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of swish at x, and its slopes."""
    share = torch.sigmoid(beta * x)
    return x * share, share + beta * x * share * (1 - share)


# %% wrong="smooth: start ignored; breaks: all at start"
def leaky_relu(x: torch.Tensor, alpha: float) -> torch.Tensor:
    """x above zero, alpha x below; alpha is any number."""
    return torch.where(x > 0, x, alpha * x)


class PReLU(nn.Module):
    """Leaky ReLU with a learnt alpha for each channel."""

    def __init__(self, channels: int, start: float = 0.25):
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels,), 0.25))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        alpha = self.weight.reshape(-1, *[1] * (x.ndim - 2))
        return torch.where(x > 0, x, alpha * x)


def gelu(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of GELU at x, and its slopes."""
    below = (1 + torch.erf(x / math.sqrt(2))) / 2
    density = torch.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    return x * below, below + x * density


def swish(x: torch.Tensor, beta: float = 1.0) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of swish at x, and its slopes."""
    share = torch.sigmoid(beta * x)
    return x * share, share + beta * x * share * (1 - share)


# %% wrong="smooth: pictures only; breaks: any more axes"
def leaky_relu(x: torch.Tensor, alpha: float) -> torch.Tensor:
    """x above zero, alpha x below; alpha is any number."""
    return torch.where(x > 0, x, alpha * x)


class PReLU(nn.Module):
    """Leaky ReLU with a learnt alpha for each channel."""

    def __init__(self, channels: int, start: float = 0.25):
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels,), start))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        alpha = self.weight.reshape(-1, 1, 1)
        return torch.where(x > 0, x, alpha * x)


def gelu(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of GELU at x, and its slopes."""
    below = (1 + torch.erf(x / math.sqrt(2))) / 2
    density = torch.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    return x * below, below + x * density


def swish(x: torch.Tensor, beta: float = 1.0) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of swish at x, and its slopes."""
    share = torch.sigmoid(beta * x)
    return x * share, share + beta * x * share * (1 - share)


# %% wrong="smooth: beta in front; breaks: x times the sigmoid"
def leaky_relu(x: torch.Tensor, alpha: float) -> torch.Tensor:
    """x above zero, alpha x below; alpha is any number."""
    return torch.where(x > 0, x, alpha * x)


class PReLU(nn.Module):
    """Leaky ReLU with a learnt alpha for each channel."""

    def __init__(self, channels: int, start: float = 0.25):
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels,), start))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        alpha = self.weight.reshape(-1, *[1] * (x.ndim - 2))
        return torch.where(x > 0, x, alpha * x)


def gelu(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of GELU at x, and its slopes."""
    below = (1 + torch.erf(x / math.sqrt(2))) / 2
    density = torch.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    return x * below, below + x * density


def swish(x: torch.Tensor, beta: float = 1.0) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of swish at x, and its slopes."""
    share = torch.sigmoid(beta * x)
    return beta * x * share, share + beta * x * share * (1 - share)


# %% wrong="smooth: values only; breaks: and its slopes"
def leaky_relu(x: torch.Tensor, alpha: float) -> torch.Tensor:
    """x above zero, alpha x below; alpha is any number."""
    return torch.where(x > 0, x, alpha * x)


class PReLU(nn.Module):
    """Leaky ReLU with a learnt alpha for each channel."""

    def __init__(self, channels: int, start: float = 0.25):
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels,), start))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        alpha = self.weight.reshape(-1, *[1] * (x.ndim - 2))
        return torch.where(x > 0, x, alpha * x)


def gelu(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of GELU at x, and its slopes."""
    below = (1 + torch.erf(x / math.sqrt(2))) / 2
    density = torch.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    return x * below, below + x * density


def swish(x: torch.Tensor, beta: float = 1.0) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of swish at x, and its slopes."""
    share = torch.sigmoid(beta * x)
    return x * share, share


# %% wrong="smooth: alpha above zero too; breaks: x above zero"
def leaky_relu(x: torch.Tensor, alpha: float) -> torch.Tensor:
    """x above zero, alpha x below; alpha is any number."""
    return alpha * x


class PReLU(nn.Module):
    """Leaky ReLU with a learnt alpha for each channel."""

    def __init__(self, channels: int, start: float = 0.25):
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels,), start))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        alpha = self.weight.reshape(-1, *[1] * (x.ndim - 2))
        return torch.where(x > 0, x, alpha * x)


def gelu(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of GELU at x, and its slopes."""
    below = (1 + torch.erf(x / math.sqrt(2))) / 2
    density = torch.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    return x * below, below + x * density


def swish(x: torch.Tensor, beta: float = 1.0) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of swish at x, and its slopes."""
    share = torch.sigmoid(beta * x)
    return x * share, share + beta * x * share * (1 - share)


# %% right="broken_line: w1 takes the gap"
def broken_line(knots: torch.Tensor, values: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The weights w1, b1, w2, b2 of a net of ReLUs that passes through all the points."""
    gap = knots.diff()
    slopes = values.diff() / gap
    changes = torch.cat([slopes[:1], slopes[1:] - slopes[:-1]])
    return 1 / gap, -knots[:-1] / gap, changes * gap, values[0] + 0


# %% right="broken_line: solves for the weights"
def broken_line(knots: torch.Tensor, values: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The weights w1, b1, w2, b2 of a net of ReLUs that passes through all the points."""
    left = knots[:-1]
    table = (knots[1:, None] - left).clamp(min=0)
    w2 = torch.linalg.solve(table, values[1:] - values[0])
    return torch.ones_like(left), -left, w2, values[0].clone()


# %% right="broken_line: as many units as knots, one of them idle"
def broken_line(knots: torch.Tensor, values: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The weights w1, b1, w2, b2 of a net of ReLUs that passes through all the points."""
    slopes = values.diff() / knots.diff()
    changes = torch.diff(slopes, prepend=slopes.new_zeros(1))
    zero = slopes.new_zeros(1)
    return torch.ones_like(knots), -knots, torch.cat([changes, zero]), values[0].clone()


# %% wrong="broken_line: the last value as bias; breaks: starts at the first"
def broken_line(knots: torch.Tensor, values: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The weights w1, b1, w2, b2 of a net of ReLUs that passes through all the points."""
    slopes = values.diff() / knots.diff()
    changes = torch.cat([slopes[:1], slopes.diff()])
    return torch.ones_like(changes), -knots[:-1], changes, values[-1].clone()


# %% wrong="broken_line: absolute changes; breaks: up and down"
def broken_line(knots: torch.Tensor, values: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The weights w1, b1, w2, b2 of a net of ReLUs that passes through all the points."""
    slopes = values.diff() / knots.diff()
    changes = torch.cat([slopes[:1], slopes.diff().abs()])
    return torch.ones_like(changes), -knots[:-1], changes, values[0].clone()


# %% wrong="broken_line: the bias as a row; breaks: shape ()"
def broken_line(knots: torch.Tensor, values: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The weights w1, b1, w2, b2 of a net of ReLUs that passes through all the points."""
    slopes = values.diff() / knots.diff()
    changes = torch.cat([slopes[:1], slopes.diff()])
    return torch.ones_like(changes), -knots[:-1], changes, values[:1].clone()


# %% wrong="broken_line: values as weights; breaks: slopes"
def broken_line(knots: torch.Tensor, values: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The weights w1, b1, w2, b2 of a net of ReLUs that passes through all the points."""
    slopes = values[:-1]
    changes = torch.cat([slopes[:1], slopes.diff()])
    return torch.ones_like(changes), -knots[:-1], changes, values[0].clone()


# %% wrong="broken_line: changes doubled after the first; breaks: each knot changes once"
def broken_line(knots: torch.Tensor, values: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The weights w1, b1, w2, b2 of a net of ReLUs that passes through all the points."""
    slopes = values.diff() / knots.diff()
    changes = torch.cat([slopes[:1], 2 * slopes.diff()])
    return torch.ones_like(changes), -knots[:-1], changes, values[0].clone()


# %% wrong="broken_line: knots evenly spaced; breaks: any increasing knots"
def broken_line(knots: torch.Tensor, values: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The weights w1, b1, w2, b2 of a net of ReLUs that passes through all the points."""
    slopes = values.diff() / (knots[1] - knots[0])
    changes = torch.cat([slopes[:1], slopes.diff()])
    return torch.ones_like(changes), -knots[:-1], changes, values[0].clone()


# %% right="starts: names of torch.nn.init"
def xavier(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Xavier's uniform weights, of shape (fan_in, fan_out)."""
    limit = np.sqrt(6 / (fan_in + fan_out))
    return generator.uniform(-limit, limit, (fan_in, fan_out))


def kaiming(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Kaiming's normal weights, of shape (fan_in, fan_out)."""
    return generator.normal(0, np.sqrt(2 / fan_in), (fan_in, fan_out))


def start_conv(conv: nn.Conv2d) -> None:
    """Xavier's uniform start for the weight of a convolution, in place; its bias is zero."""
    nn.init.xavier_uniform_(conv.weight)
    nn.init.zeros_(conv.bias)


def start_all(net: nn.Module) -> None:
    """Kaiming's normal start for every linear layer and convolution in the net, in place, with biases of zero."""

    def start(layer: nn.Module) -> None:
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)

    for module in net.modules():
        start(module)


# %% right="starts: a standard normal, stretched"
def xavier(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Xavier's uniform weights, of shape (fan_in, fan_out)."""
    limit = np.sqrt(6 / (fan_in + fan_out))
    return generator.uniform(-limit, limit, (fan_in, fan_out))


def kaiming(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Kaiming's normal weights, of shape (fan_in, fan_out)."""
    return np.sqrt(2 / fan_in) * generator.normal(size=(fan_in, fan_out))


def start_conv(conv: nn.Conv2d) -> None:
    """Xavier's uniform start for the weight of a convolution, in place; its bias is zero."""
    nn.init.xavier_uniform_(conv.weight)
    nn.init.zeros_(conv.bias)


def start_all(net: nn.Module) -> None:
    """Kaiming's normal start for every linear layer and convolution in the net, in place, with biases of zero."""

    def start(layer: nn.Module) -> None:
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)

    net.apply(start)


# %% right="starts: by hand for the convolution"
def xavier(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Xavier's uniform weights, of shape (fan_in, fan_out)."""
    limit = np.sqrt(6 / (fan_in + fan_out))
    return generator.uniform(-limit, limit, (fan_in, fan_out))


def kaiming(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Kaiming's normal weights, of shape (fan_in, fan_out)."""
    return generator.normal(0, np.sqrt(2 / fan_in), (fan_in, fan_out))


def start_conv(conv: nn.Conv2d) -> None:
    """Xavier's uniform start for the weight of a convolution, in place; its bias is zero."""
    place = conv.weight[0, 0].numel()
    r = math.sqrt(6 / (place * (conv.weight.shape[0] + conv.weight.shape[1])))
    nn.init.uniform_(conv.weight, -r, r)
    nn.init.zeros_(conv.bias)


def start_all(net: nn.Module) -> None:
    """Kaiming's normal start for every linear layer and convolution in the net, in place, with biases of zero."""

    def start(layer: nn.Module) -> None:
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)

    net.apply(start)


# %% wrong="starts: from 0 to the limit; breaks: both signs"
def xavier(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Xavier's uniform weights, of shape (fan_in, fan_out)."""
    limit = np.sqrt(6 / (fan_in + fan_out))
    return generator.uniform(0, limit, (fan_in, fan_out))


def kaiming(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Kaiming's normal weights, of shape (fan_in, fan_out)."""
    return generator.normal(0, np.sqrt(2 / fan_in), (fan_in, fan_out))


def start_conv(conv: nn.Conv2d) -> None:
    """Xavier's uniform start for the weight of a convolution, in place; its bias is zero."""
    nn.init.xavier_uniform_(conv.weight)
    nn.init.zeros_(conv.bias)


def start_all(net: nn.Module) -> None:
    """Kaiming's normal start for every linear layer and convolution in the net, in place, with biases of zero."""

    def start(layer: nn.Module) -> None:
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)

    net.apply(start)


# %% wrong="starts: 1 over fan_in; breaks: ReLU halves"
def xavier(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Xavier's uniform weights, of shape (fan_in, fan_out)."""
    limit = np.sqrt(6 / (fan_in + fan_out))
    return generator.uniform(-limit, limit, (fan_in, fan_out))


def kaiming(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Kaiming's normal weights, of shape (fan_in, fan_out)."""
    return generator.normal(0, np.sqrt(1 / fan_in), (fan_in, fan_out))


def start_conv(conv: nn.Conv2d) -> None:
    """Xavier's uniform start for the weight of a convolution, in place; its bias is zero."""
    nn.init.xavier_uniform_(conv.weight)
    nn.init.zeros_(conv.bias)


def start_all(net: nn.Module) -> None:
    """Kaiming's normal start for every linear layer and convolution in the net, in place, with biases of zero."""

    def start(layer: nn.Module) -> None:
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)

    net.apply(start)


# %% wrong="starts: the other fan; breaks: fan_in"
def xavier(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Xavier's uniform weights, of shape (fan_in, fan_out)."""
    limit = np.sqrt(6 / (fan_in + fan_out))
    return generator.uniform(-limit, limit, (fan_in, fan_out))


def kaiming(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Kaiming's normal weights, of shape (fan_in, fan_out)."""
    return generator.normal(0, np.sqrt(2 / fan_out), (fan_in, fan_out))


def start_conv(conv: nn.Conv2d) -> None:
    """Xavier's uniform start for the weight of a convolution, in place; its bias is zero."""
    nn.init.xavier_uniform_(conv.weight)
    nn.init.zeros_(conv.bias)


def start_all(net: nn.Module) -> None:
    """Kaiming's normal start for every linear layer and convolution in the net, in place, with biases of zero."""

    def start(layer: nn.Module) -> None:
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)

    net.apply(start)


# %% wrong="starts: kaiming uniform; breaks: normal"
def xavier(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Xavier's uniform weights, of shape (fan_in, fan_out)."""
    limit = np.sqrt(6 / (fan_in + fan_out))
    return generator.uniform(-limit, limit, (fan_in, fan_out))


def kaiming(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Kaiming's normal weights, of shape (fan_in, fan_out)."""
    return generator.normal(0, np.sqrt(2 / fan_in), (fan_in, fan_out))


def start_conv(conv: nn.Conv2d) -> None:
    """Xavier's uniform start for the weight of a convolution, in place; its bias is zero."""
    nn.init.xavier_uniform_(conv.weight)
    nn.init.zeros_(conv.bias)


def start_all(net: nn.Module) -> None:
    """Kaiming's normal start for every linear layer and convolution in the net, in place, with biases of zero."""

    def start(layer: nn.Module) -> None:
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)

    net.apply(start)


# %% wrong="starts: a seed inside; breaks: draws afresh"
def xavier(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Xavier's uniform weights, of shape (fan_in, fan_out)."""
    limit = np.sqrt(6 / (fan_in + fan_out))
    return generator.uniform(-limit, limit, (fan_in, fan_out))


def kaiming(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Kaiming's normal weights, of shape (fan_in, fan_out)."""
    return generator.normal(0, np.sqrt(2 / fan_in), (fan_in, fan_out))


def start_conv(conv: nn.Conv2d) -> None:
    """Xavier's uniform start for the weight of a convolution, in place; its bias is zero."""
    torch.manual_seed(0)
    nn.init.xavier_uniform_(conv.weight)
    nn.init.zeros_(conv.bias)


def start_all(net: nn.Module) -> None:
    """Kaiming's normal start for every linear layer and convolution in the net, in place, with biases of zero."""

    def start(layer: nn.Module) -> None:
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)

    net.apply(start)


# %% wrong="starts: norms too; breaks: leaves norms alone"
def xavier(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Xavier's uniform weights, of shape (fan_in, fan_out)."""
    limit = np.sqrt(6 / (fan_in + fan_out))
    return generator.uniform(-limit, limit, (fan_in, fan_out))


def kaiming(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Kaiming's normal weights, of shape (fan_in, fan_out)."""
    return generator.normal(0, np.sqrt(2 / fan_in), (fan_in, fan_out))


def start_conv(conv: nn.Conv2d) -> None:
    """Xavier's uniform start for the weight of a convolution, in place; its bias is zero."""
    nn.init.xavier_uniform_(conv.weight)
    nn.init.zeros_(conv.bias)


def start_all(net: nn.Module) -> None:
    """Kaiming's normal start for every linear layer and convolution in the net, in place, with biases of zero."""

    def start(layer: nn.Module) -> None:
        if hasattr(layer, "bias"):
            nn.init.zeros_(layer.bias)
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")

    net.apply(start)


# %% right="parts: F.linear inside"
class Linear(nn.Module):
    """x times the transposed weight, plus the bias; x is (batch, in_features)."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        limit = in_features**-0.5
        rows = torch.empty(out_features, in_features)
        self.weight = nn.Parameter(rows.uniform_(-limit, limit))
        self.bias = nn.Parameter(torch.empty(out_features).uniform_(-limit, limit))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.linear(x, self.weight, self.bias)


class Sequential(nn.Module):
    """Calls its layers one after the other."""

    def __init__(self, *layers: nn.Module):
        super().__init__()
        for number, layer in enumerate(layers):
            self.add_module(str(number), layer)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self._modules.values():
            x = layer(x)
        return x


# %% right="parts: setattr for add_module"
class Linear(nn.Module):
    """x times the transposed weight, plus the bias; x is (batch, in_features)."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        limit = math.pow(in_features, -0.5)
        rows = torch.empty(out_features, in_features)
        self.weight = nn.Parameter(rows.uniform_(-limit, limit))
        self.bias = nn.Parameter(torch.empty(out_features).uniform_(-limit, limit))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        columns = rearrange(self.weight, "row col -> col row")
        return x @ columns + self.bias


class Sequential(nn.Module):
    """Calls its layers one after the other."""

    def __init__(self, *layers: nn.Module):
        super().__init__()
        for number, layer in enumerate(layers):
            setattr(self, str(number), layer)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self._modules.values():
            x = layer(x)
        return x


# %% right="parts: zip of numbers"
class Linear(nn.Module):
    """x times the transposed weight, plus the bias; x is (batch, in_features)."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        limit = in_features**-0.5
        rows = torch.empty(out_features, in_features)
        self.weight = nn.Parameter(rows.uniform_(-limit, limit))
        self.bias = nn.Parameter(torch.empty(out_features).uniform_(-limit, limit))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        columns = rearrange(self.weight, "row col -> col row")
        return x @ columns + self.bias


class Sequential(nn.Module):
    """Calls its layers one after the other."""

    def __init__(self, *layers: nn.Module):
        super().__init__()
        for number in range(len(layers)):
            self._modules[str(number)] = layers[number]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self._modules.values():
            x = layer(x)
        return x


# %% wrong="parts: names from 1; breaks: as in PyTorch"
class Linear(nn.Module):
    """x times the transposed weight, plus the bias; x is (batch, in_features)."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        limit = in_features**-0.5
        rows = torch.empty(out_features, in_features)
        self.weight = nn.Parameter(rows.uniform_(-limit, limit))
        self.bias = nn.Parameter(torch.empty(out_features).uniform_(-limit, limit))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        columns = rearrange(self.weight, "row col -> col row")
        return x @ columns + self.bias


class Sequential(nn.Module):
    """Calls its layers one after the other."""

    def __init__(self, *layers: nn.Module):
        super().__init__()
        for number, layer in enumerate(layers, 1):
            self.add_module(str(number), layer)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self._modules.values():
            x = layer(x)
        return x


# %% wrong="parts: layers in a list; breaks: registered"
class Linear(nn.Module):
    """x times the transposed weight, plus the bias; x is (batch, in_features)."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        limit = in_features**-0.5
        rows = torch.empty(out_features, in_features)
        self.weight = nn.Parameter(rows.uniform_(-limit, limit))
        self.bias = nn.Parameter(torch.empty(out_features).uniform_(-limit, limit))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        columns = rearrange(self.weight, "row col -> col row")
        return x @ columns + self.bias


class Sequential(nn.Module):
    """Calls its layers one after the other."""

    def __init__(self, *layers: nn.Module):
        super().__init__()
        for number, layer in enumerate(layers):
            pass
        self.layers = list(layers)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.layers:
            x = layer(x)
        return x


# %% wrong="parts: from 0 upwards; breaks: both signs"
class Linear(nn.Module):
    """x times the transposed weight, plus the bias; x is (batch, in_features)."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        limit = in_features**-0.5
        rows = torch.empty(out_features, in_features)
        self.weight = nn.Parameter(rows.uniform_(0, limit))
        self.bias = nn.Parameter(torch.empty(out_features).uniform_(-limit, limit))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        columns = rearrange(self.weight, "row col -> col row")
        return x @ columns + self.bias


class Sequential(nn.Module):
    """Calls its layers one after the other."""

    def __init__(self, *layers: nn.Module):
        super().__init__()
        for number, layer in enumerate(layers):
            self.add_module(str(number), layer)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self._modules.values():
            x = layer(x)
        return x


# %% wrong="parts: backwards; breaks: one after the other"
class Linear(nn.Module):
    """x times the transposed weight, plus the bias; x is (batch, in_features)."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        limit = in_features**-0.5
        rows = torch.empty(out_features, in_features)
        self.weight = nn.Parameter(rows.uniform_(-limit, limit))
        self.bias = nn.Parameter(torch.empty(out_features).uniform_(-limit, limit))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        columns = rearrange(self.weight, "row col -> col row")
        return x @ columns + self.bias


class Sequential(nn.Module):
    """Calls its layers one after the other."""

    def __init__(self, *layers: nn.Module):
        super().__init__()
        for number, layer in enumerate(layers):
            self.add_module(str(number), layer)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in reversed(self._modules.values()):
            x = layer(x)
        return x


# %% wrong="parts: normal start; breaks: uniform"
class Linear(nn.Module):
    """x times the transposed weight, plus the bias; x is (batch, in_features)."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        limit = in_features**-0.5
        rows = torch.empty(out_features, in_features)
        self.weight = nn.Parameter(rows.normal_(0, limit))
        self.bias = nn.Parameter(torch.empty(out_features).uniform_(-limit, limit))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        columns = rearrange(self.weight, "row col -> col row")
        return x @ columns + self.bias


class Sequential(nn.Module):
    """Calls its layers one after the other."""

    def __init__(self, *layers: nn.Module):
        super().__init__()
        for number, layer in enumerate(layers):
            self.add_module(str(number), layer)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self._modules.values():
            x = layer(x)
        return x


# %% wrong="parts: bias times x; breaks: plus the bias"
class Linear(nn.Module):
    """x times the transposed weight, plus the bias; x is (batch, in_features)."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        limit = in_features**-0.5
        rows = torch.empty(out_features, in_features)
        self.weight = nn.Parameter(rows.uniform_(-limit, limit))
        self.bias = nn.Parameter(torch.empty(out_features).uniform_(-limit, limit))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        columns = rearrange(self.weight, "row col -> col row")
        return x @ columns * self.bias


class Sequential(nn.Module):
    """Calls its layers one after the other."""

    def __init__(self, *layers: nn.Module):
        super().__init__()
        for number, layer in enumerate(layers):
            self.add_module(str(number), layer)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self._modules.values():
            x = layer(x)
        return x


# %% right="shelf: flatten in the forward"
def bent_range() -> tuple[torch.Tensor, torch.Tensor]:
    """ReLU and GELU of the numbers −2, −1, 0, 1, 2."""
    from torch.nn import GELU, ReLU

    x = torch.arange(-2, 3)
    return ReLU()(x), GELU()(x.float())


class Dense(nn.Module):
    """A linear layer with a sigmoid."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.linear(x))


class DigitNet(nn.Module):
    """Flattens pictures and reads them with two hidden layers."""

    def __init__(self, width: int):
        super().__init__()
        self.flatten = nn.Flatten()
        self.stack = nn.Sequential(
            nn.Linear(28 * 28, width),
            nn.ReLU(),
            nn.Linear(width, width),
            nn.ReLU(),
            nn.Linear(width, 10),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.stack(x.flatten(start_dim=1))


def named_net() -> nn.Module:
    """Pictures to ten scores by 16 hidden ReLUs; the layers are called flat, hidden, bend and out."""
    layers = OrderedDict()
    layers["flat"] = nn.Flatten()
    layers["hidden"] = nn.Linear(784, 16)
    layers["bend"] = nn.ReLU()
    layers["out"] = nn.Linear(16, 10)
    return nn.Sequential(layers)


# %% right="shelf: the shape spelt out"
def bent_range() -> tuple[torch.Tensor, torch.Tensor]:
    """ReLU and GELU of the numbers −2, −1, 0, 1, 2."""
    from torch.nn import GELU, ReLU

    x = torch.arange(-2, 3)
    return ReLU()(x), GELU()(x.float())


class Dense(nn.Module):
    """A linear layer with a sigmoid."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.linear(x))


class DigitNet(nn.Module):
    """Flattens pictures and reads them with two hidden layers."""

    def __init__(self, width: int):
        super().__init__()
        self.flatten = nn.Flatten()
        self.stack = nn.Sequential(
            nn.Linear(784, width),
            nn.ReLU(),
            nn.Linear(width, width),
            nn.ReLU(),
            nn.Linear(width, 10),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.stack(x.reshape(len(x), -1))


def named_net() -> nn.Module:
    """Pictures to ten scores by 16 hidden ReLUs; the layers are called flat, hidden, bend and out."""
    layers = OrderedDict()
    layers["flat"] = nn.Flatten()
    layers["hidden"] = nn.Linear(784, 16)
    layers["bend"] = nn.ReLU()
    layers["out"] = nn.Linear(16, 10)
    return nn.Sequential(layers)


# %% right="shelf: an OrderedDict of pairs"
def bent_range() -> tuple[torch.Tensor, torch.Tensor]:
    """ReLU and GELU of the numbers −2, −1, 0, 1, 2."""
    from torch.nn import GELU, ReLU

    x = torch.arange(-2, 3)
    return ReLU()(x), GELU()(x.float())


class Dense(nn.Module):
    """A linear layer with a sigmoid."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.linear(x))


class DigitNet(nn.Module):
    """Flattens pictures and reads them with two hidden layers."""

    def __init__(self, width: int):
        super().__init__()
        self.flatten = nn.Flatten()
        self.stack = nn.Sequential(
            nn.Linear(28 * 28, width),
            nn.ReLU(),
            nn.Linear(width, width),
            nn.ReLU(),
            nn.Linear(width, 10),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.stack(self.flatten(x))


def named_net() -> nn.Module:
    """Pictures to ten scores by 16 hidden ReLUs; the layers are called flat, hidden, bend and out."""
    layers = OrderedDict(
        [("flat", nn.Flatten()), ("hidden", nn.Linear(28 * 28, 16)), ("bend", nn.ReLU()), ("out", nn.Linear(16, 10))]
    )
    return nn.Sequential(layers)


# %% wrong="shelf: tanh for the sigmoid; breaks: with a sigmoid"
def bent_range() -> tuple[torch.Tensor, torch.Tensor]:
    """ReLU and GELU of the numbers −2, −1, 0, 1, 2."""
    from torch.nn import GELU, ReLU

    x = torch.arange(-2, 3)
    return ReLU()(x), GELU()(x.float())


class Dense(nn.Module):
    """A linear layer with a sigmoid."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.tanh(self.linear(x))


class DigitNet(nn.Module):
    """Flattens pictures and reads them with two hidden layers."""

    def __init__(self, width: int):
        super().__init__()
        self.flatten = nn.Flatten()
        self.stack = nn.Sequential(
            nn.Linear(28 * 28, width),
            nn.ReLU(),
            nn.Linear(width, width),
            nn.ReLU(),
            nn.Linear(width, 10),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.stack(self.flatten(x))


def named_net() -> nn.Module:
    """Pictures to ten scores by 16 hidden ReLUs; the layers are called flat, hidden, bend and out."""
    layers = OrderedDict()
    layers["flat"] = nn.Flatten()
    layers["hidden"] = nn.Linear(784, 16)
    layers["bend"] = nn.ReLU()
    layers["out"] = nn.Linear(16, 10)
    return nn.Sequential(layers)


# %% wrong="shelf: sigmoid before the layer; breaks: order"
def bent_range() -> tuple[torch.Tensor, torch.Tensor]:
    """ReLU and GELU of the numbers −2, −1, 0, 1, 2."""
    from torch.nn import GELU, ReLU

    x = torch.arange(-2, 3)
    return ReLU()(x), GELU()(x.float())


class Dense(nn.Module):
    """A linear layer with a sigmoid."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.linear(torch.sigmoid(x))


class DigitNet(nn.Module):
    """Flattens pictures and reads them with two hidden layers."""

    def __init__(self, width: int):
        super().__init__()
        self.flatten = nn.Flatten()
        self.stack = nn.Sequential(
            nn.Linear(28 * 28, width),
            nn.ReLU(),
            nn.Linear(width, width),
            nn.ReLU(),
            nn.Linear(width, 10),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.stack(self.flatten(x))


def named_net() -> nn.Module:
    """Pictures to ten scores by 16 hidden ReLUs; the layers are called flat, hidden, bend and out."""
    layers = OrderedDict()
    layers["flat"] = nn.Flatten()
    layers["hidden"] = nn.Linear(784, 16)
    layers["bend"] = nn.ReLU()
    layers["out"] = nn.Linear(16, 10)
    return nn.Sequential(layers)


# %% wrong="shelf: SiLU for GELU; breaks: GELU"
def bent_range() -> tuple[torch.Tensor, torch.Tensor]:
    """ReLU and GELU of the numbers −2, −1, 0, 1, 2."""
    from torch.nn import GELU, ReLU

    x = torch.arange(-2, 3)
    return ReLU()(x), nn.SiLU()(x.float())


class Dense(nn.Module):
    """A linear layer with a sigmoid."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.linear(x))


class DigitNet(nn.Module):
    """Flattens pictures and reads them with two hidden layers."""

    def __init__(self, width: int):
        super().__init__()
        self.flatten = nn.Flatten()
        self.stack = nn.Sequential(
            nn.Linear(28 * 28, width),
            nn.ReLU(),
            nn.Linear(width, width),
            nn.ReLU(),
            nn.Linear(width, 10),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.stack(self.flatten(x))


def named_net() -> nn.Module:
    """Pictures to ten scores by 16 hidden ReLUs; the layers are called flat, hidden, bend and out."""
    layers = OrderedDict()
    layers["flat"] = nn.Flatten()
    layers["hidden"] = nn.Linear(784, 16)
    layers["bend"] = nn.ReLU()
    layers["out"] = nn.Linear(16, 10)
    return nn.Sequential(layers)


# %% wrong="shelf: width fixed at 512; breaks: any width"
def bent_range() -> tuple[torch.Tensor, torch.Tensor]:
    """ReLU and GELU of the numbers −2, −1, 0, 1, 2."""
    from torch.nn import GELU, ReLU

    x = torch.arange(-2, 3)
    return ReLU()(x), GELU()(x.float())


class Dense(nn.Module):
    """A linear layer with a sigmoid."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.linear(x))


class DigitNet(nn.Module):
    """Flattens pictures and reads them with two hidden layers."""

    def __init__(self, width: int):
        super().__init__()
        self.flatten = nn.Flatten()
        self.stack = nn.Sequential(
            nn.Linear(28 * 28, 512),
            nn.ReLU(),
            nn.Linear(512, 512),
            nn.ReLU(),
            nn.Linear(512, 10),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.stack(self.flatten(x))


def named_net() -> nn.Module:
    """Pictures to ten scores by 16 hidden ReLUs; the layers are called flat, hidden, bend and out."""
    layers = OrderedDict()
    layers["flat"] = nn.Flatten()
    layers["hidden"] = nn.Linear(784, 16)
    layers["bend"] = nn.ReLU()
    layers["out"] = nn.Linear(16, 10)
    return nn.Sequential(layers)


# %% wrong="shelf: flat forgotten; breaks: pictures in"
def bent_range() -> tuple[torch.Tensor, torch.Tensor]:
    """ReLU and GELU of the numbers −2, −1, 0, 1, 2."""
    from torch.nn import GELU, ReLU

    x = torch.arange(-2, 3)
    return ReLU()(x), GELU()(x.float())


class Dense(nn.Module):
    """A linear layer with a sigmoid."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.linear(x))


class DigitNet(nn.Module):
    """Flattens pictures and reads them with two hidden layers."""

    def __init__(self, width: int):
        super().__init__()
        self.flatten = nn.Flatten()
        self.stack = nn.Sequential(
            nn.Linear(28 * 28, width),
            nn.ReLU(),
            nn.Linear(width, width),
            nn.ReLU(),
            nn.Linear(width, 10),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.stack(self.flatten(x))


def named_net() -> nn.Module:
    """Pictures to ten scores by 16 hidden ReLUs; the layers are called flat, hidden, bend and out."""
    layers = OrderedDict()
    layers["hidden"] = nn.Linear(784, 16)
    layers["bend"] = nn.ReLU()
    layers["out"] = nn.Linear(16, 10)
    return nn.Sequential(layers)


# %% wrong="shelf: softmax at the end; breaks: scores"
def bent_range() -> tuple[torch.Tensor, torch.Tensor]:
    """ReLU and GELU of the numbers −2, −1, 0, 1, 2."""
    from torch.nn import GELU, ReLU

    x = torch.arange(-2, 3)
    return ReLU()(x), GELU()(x.float())


class Dense(nn.Module):
    """A linear layer with a sigmoid."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.linear(x))


class DigitNet(nn.Module):
    """Flattens pictures and reads them with two hidden layers."""

    def __init__(self, width: int):
        super().__init__()
        self.flatten = nn.Flatten()
        self.stack = nn.Sequential(
            nn.Linear(28 * 28, width),
            nn.ReLU(),
            nn.Linear(width, width),
            nn.ReLU(),
            nn.Linear(width, 10),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.softmax(self.stack(self.flatten(x)), dim=1)


def named_net() -> nn.Module:
    """Pictures to ten scores by 16 hidden ReLUs; the layers are called flat, hidden, bend and out."""
    layers = OrderedDict()
    layers["flat"] = nn.Flatten()
    layers["hidden"] = nn.Linear(784, 16)
    layers["bend"] = nn.ReLU()
    layers["out"] = nn.Linear(16, 10)
    return nn.Sequential(layers)


# %% right="Module: a walk over all modules"
class Module:
    """Knows its parameters, buffers and inner modules by name."""

    _parameters = cached_property(lambda self: {})
    _buffers = cached_property(lambda self: {})
    _modules = cached_property(lambda self: {})
    _plain = cached_property(lambda self: {"training": True})
    _hooks = cached_property(lambda self: [])

    def __getattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules, self._plain):
            if name in table:
                return table[name]
        raise AttributeError(f"{type(self).__name__} has no attribute {name}")

    def __setattr__(self, name, value):
        place = self._plain
        if isinstance(value, nn.Parameter):
            place = self._parameters
        elif isinstance(value, Module):
            place = self._modules
        elif isinstance(value, torch.Tensor) and name in self._buffers:
            place = self._buffers
        for other in (self._plain, self._parameters, self._buffers, self._modules):
            if other is not place:
                other.pop(name, None)
        place[name] = value

    def register_buffer(self, name, tensor):
        self._buffers[name] = tensor

    def named_parameters(self, prefix=""):
        waiting = [(prefix, self)]
        while waiting:
            before, module = waiting.pop(0)
            yield from ((before + name, p) for name, p in module._parameters.items())
            waiting = [(f"{before}{name}.", inner) for name, inner in module._modules.items()] + waiting

    def parameters(self):
        return (parameter for _, parameter in self.named_parameters())

    def state_dict(self, prefix=""):
        own = {**self._parameters, **self._buffers}
        state = {prefix + name: tensor.detach() for name, tensor in own.items()}
        for name, module in self._modules.items():
            state |= module.state_dict(f"{prefix}{name}.")
        return state

    def train(self, mode=True):
        self.training = mode
        for module in self._modules.values():
            module.train(mode)
        return self

    def eval(self):
        return self.train(False)

    def add_hook(self, hook):
        self._hooks.append(hook)

    def __call__(self, *args):
        output = self.forward(*args)
        for hook in self._hooks:
            found = hook(self, args, output)
            output = output if found is None else found
        return output


# %% right="Module: a helper that forgets a name"
class Module:
    """Knows its parameters, buffers and inner modules by name."""

    _parameters = cached_property(lambda self: {})
    _buffers = cached_property(lambda self: {})
    _modules = cached_property(lambda self: {})
    _plain = cached_property(lambda self: {"training": True})
    _hooks = cached_property(lambda self: [])

    def __getattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules, self._plain):
            if name in table:
                return table[name]
        raise AttributeError(f"{type(self).__name__} has no attribute {name}")

    def __setattr__(self, name, value):
        is_buffer = isinstance(value, torch.Tensor) and not isinstance(value, nn.Parameter) and name in self._buffers
        if is_buffer:
            self._buffers[name] = value
            return
        self._forget(name)
        if isinstance(value, nn.Parameter):
            self._parameters[name] = value
        elif isinstance(value, Module):
            self._modules[name] = value
        else:
            self._plain[name] = value

    def _forget(self, name):
        for table in (self._plain, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def register_buffer(self, name, tensor):
        self._buffers[name] = tensor

    def named_parameters(self, prefix=""):
        for name, parameter in self._parameters.items():
            yield prefix + name, parameter
        for name, module in self._modules.items():
            yield from module.named_parameters(f"{prefix}{name}.")

    def parameters(self):
        return (parameter for _, parameter in self.named_parameters())

    def state_dict(self, prefix=""):
        own = {**self._parameters, **self._buffers}
        state = {prefix + name: tensor.detach() for name, tensor in own.items()}
        for name, module in self._modules.items():
            state |= module.state_dict(f"{prefix}{name}.")
        return state

    def train(self, mode=True):
        self.training = mode
        for module in self._modules.values():
            module.train(mode)
        return self

    def eval(self):
        return self.train(False)

    def add_hook(self, hook):
        self._hooks.append(hook)

    def __call__(self, *args):
        output = self.forward(*args)
        for hook in self._hooks:
            found = hook(self, args, output)
            output = output if found is None else found
        return output


# %% right="Module: modes by one line, hooks with if"
class Module:
    """Knows its parameters, buffers and inner modules by name."""

    _parameters = cached_property(lambda self: {})
    _buffers = cached_property(lambda self: {})
    _modules = cached_property(lambda self: {})
    _plain = cached_property(lambda self: {"training": True})
    _hooks = cached_property(lambda self: [])

    def __getattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules, self._plain):
            if name in table:
                return table[name]
        raise AttributeError(f"{type(self).__name__} has no attribute {name}")

    def __setattr__(self, name, value):
        place = self._plain
        if isinstance(value, nn.Parameter):
            place = self._parameters
        elif isinstance(value, Module):
            place = self._modules
        elif isinstance(value, torch.Tensor) and name in self._buffers:
            place = self._buffers
        for other in (self._plain, self._parameters, self._buffers, self._modules):
            if other is not place:
                other.pop(name, None)
        place[name] = value

    def register_buffer(self, name, tensor):
        self._buffers[name] = tensor

    def named_parameters(self, prefix=""):
        for name, parameter in self._parameters.items():
            yield prefix + name, parameter
        for name, module in self._modules.items():
            yield from module.named_parameters(f"{prefix}{name}.")

    def parameters(self):
        return (parameter for _, parameter in self.named_parameters())

    def state_dict(self, prefix=""):
        own = {**self._parameters, **self._buffers}
        state = {prefix + name: tensor.detach() for name, tensor in own.items()}
        for name, module in self._modules.items():
            state |= module.state_dict(f"{prefix}{name}.")
        return state

    def train(self, mode=True):
        self.training = mode
        [inner.train(mode) for inner in self._modules.values()]
        return self

    def eval(self):
        return self.train(False)

    def add_hook(self, hook):
        self._hooks.append(hook)

    def __call__(self, *args):
        out = self.forward(*args)
        for hook in list(self._hooks):
            changed = hook(self, args, out)
            if changed is not None:
                out = changed
        return out


# %% wrong="Module: train returns nothing; breaks: return the module"
class Module:
    """Knows its parameters, buffers and inner modules by name."""

    _parameters = cached_property(lambda self: {})
    _buffers = cached_property(lambda self: {})
    _modules = cached_property(lambda self: {})
    _plain = cached_property(lambda self: {"training": True})
    _hooks = cached_property(lambda self: [])

    def __getattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules, self._plain):
            if name in table:
                return table[name]
        raise AttributeError(f"{type(self).__name__} has no attribute {name}")

    def __setattr__(self, name, value):
        place = self._plain
        if isinstance(value, nn.Parameter):
            place = self._parameters
        elif isinstance(value, Module):
            place = self._modules
        elif isinstance(value, torch.Tensor) and name in self._buffers:
            place = self._buffers
        for other in (self._plain, self._parameters, self._buffers, self._modules):
            if other is not place:
                other.pop(name, None)
        place[name] = value

    def register_buffer(self, name, tensor):
        self._buffers[name] = tensor

    def named_parameters(self, prefix=""):
        for name, parameter in self._parameters.items():
            yield prefix + name, parameter
        for name, module in self._modules.items():
            yield from module.named_parameters(f"{prefix}{name}.")

    def parameters(self):
        return (parameter for _, parameter in self.named_parameters())

    def state_dict(self, prefix=""):
        own = {**self._parameters, **self._buffers}
        state = {prefix + name: tensor.detach() for name, tensor in own.items()}
        for name, module in self._modules.items():
            state |= module.state_dict(f"{prefix}{name}.")
        return state

    def train(self, mode=True):
        self.training = mode
        for module in self._modules.values():
            module.train(mode)

    def eval(self):
        return self.train(False)

    def add_hook(self, hook):
        self._hooks.append(hook)

    def __call__(self, *args):
        output = self.forward(*args)
        for hook in self._hooks:
            found = hook(self, args, output)
            output = output if found is None else found
        return output


# %% wrong="Module: old values stay; breaks: takes the place of the old one"
class Module:
    """Knows its parameters, buffers and inner modules by name."""

    _parameters = cached_property(lambda self: {})
    _buffers = cached_property(lambda self: {})
    _modules = cached_property(lambda self: {})
    _plain = cached_property(lambda self: {"training": True})
    _hooks = cached_property(lambda self: [])

    def __getattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules, self._plain):
            if name in table:
                return table[name]
        raise AttributeError(f"{type(self).__name__} has no attribute {name}")

    def __setattr__(self, name, value):
        place = self._plain
        if isinstance(value, nn.Parameter):
            place = self._parameters
        elif isinstance(value, Module):
            place = self._modules
        elif isinstance(value, torch.Tensor) and name in self._buffers:
            place = self._buffers
        for other in (self._plain, self._parameters, self._buffers, self._modules):
            pass
        place[name] = value

    def register_buffer(self, name, tensor):
        self._buffers[name] = tensor

    def named_parameters(self, prefix=""):
        for name, parameter in self._parameters.items():
            yield prefix + name, parameter
        for name, module in self._modules.items():
            yield from module.named_parameters(f"{prefix}{name}.")

    def parameters(self):
        return (parameter for _, parameter in self.named_parameters())

    def state_dict(self, prefix=""):
        own = {**self._parameters, **self._buffers}
        state = {prefix + name: tensor.detach() for name, tensor in own.items()}
        for name, module in self._modules.items():
            state |= module.state_dict(f"{prefix}{name}.")
        return state

    def train(self, mode=True):
        self.training = mode
        for module in self._modules.values():
            module.train(mode)
        return self

    def eval(self):
        return self.train(False)

    def add_hook(self, hook):
        self._hooks.append(hook)

    def __call__(self, *args):
        output = self.forward(*args)
        for hook in self._hooks:
            found = hook(self, args, output)
            output = output if found is None else found
        return output


# %% wrong="Module: inner modules first; breaks: first its own"
class Module:
    """Knows its parameters, buffers and inner modules by name."""

    _parameters = cached_property(lambda self: {})
    _buffers = cached_property(lambda self: {})
    _modules = cached_property(lambda self: {})
    _plain = cached_property(lambda self: {"training": True})
    _hooks = cached_property(lambda self: [])

    def __getattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules, self._plain):
            if name in table:
                return table[name]
        raise AttributeError(f"{type(self).__name__} has no attribute {name}")

    def __setattr__(self, name, value):
        place = self._plain
        if isinstance(value, nn.Parameter):
            place = self._parameters
        elif isinstance(value, Module):
            place = self._modules
        elif isinstance(value, torch.Tensor) and name in self._buffers:
            place = self._buffers
        for other in (self._plain, self._parameters, self._buffers, self._modules):
            if other is not place:
                other.pop(name, None)
        place[name] = value

    def register_buffer(self, name, tensor):
        self._buffers[name] = tensor

    def named_parameters(self, prefix=""):
        for name, module in self._modules.items():
            yield from module.named_parameters(f"{prefix}{name}.")
        for name, parameter in self._parameters.items():
            yield prefix + name, parameter

    def parameters(self):
        return (parameter for _, parameter in self.named_parameters())

    def state_dict(self, prefix=""):
        own = {**self._parameters, **self._buffers}
        state = {prefix + name: tensor.detach() for name, tensor in own.items()}
        for name, module in self._modules.items():
            state |= module.state_dict(f"{prefix}{name}.")
        return state

    def train(self, mode=True):
        self.training = mode
        for module in self._modules.values():
            module.train(mode)
        return self

    def eval(self):
        return self.train(False)

    def add_hook(self, hook):
        self._hooks.append(hook)

    def __call__(self, *args):
        output = self.forward(*args)
        for hook in self._hooks:
            found = hook(self, args, output)
            output = output if found is None else found
        return output


# %% wrong="Module: hooks get the first output; breaks: each gets what is left"
class Module:
    """Knows its parameters, buffers and inner modules by name."""

    _parameters = cached_property(lambda self: {})
    _buffers = cached_property(lambda self: {})
    _modules = cached_property(lambda self: {})
    _plain = cached_property(lambda self: {"training": True})
    _hooks = cached_property(lambda self: [])

    def __getattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules, self._plain):
            if name in table:
                return table[name]
        raise AttributeError(f"{type(self).__name__} has no attribute {name}")

    def __setattr__(self, name, value):
        place = self._plain
        if isinstance(value, nn.Parameter):
            place = self._parameters
        elif isinstance(value, Module):
            place = self._modules
        elif isinstance(value, torch.Tensor) and name in self._buffers:
            place = self._buffers
        for other in (self._plain, self._parameters, self._buffers, self._modules):
            if other is not place:
                other.pop(name, None)
        place[name] = value

    def register_buffer(self, name, tensor):
        self._buffers[name] = tensor

    def named_parameters(self, prefix=""):
        for name, parameter in self._parameters.items():
            yield prefix + name, parameter
        for name, module in self._modules.items():
            yield from module.named_parameters(f"{prefix}{name}.")

    def parameters(self):
        return (parameter for _, parameter in self.named_parameters())

    def state_dict(self, prefix=""):
        own = {**self._parameters, **self._buffers}
        state = {prefix + name: tensor.detach() for name, tensor in own.items()}
        for name, module in self._modules.items():
            state |= module.state_dict(f"{prefix}{name}.")
        return state

    def train(self, mode=True):
        self.training = mode
        for module in self._modules.values():
            module.train(mode)
        return self

    def eval(self):
        return self.train(False)

    def add_hook(self, hook):
        self._hooks.append(hook)

    def __call__(self, *args):
        first = output = self.forward(*args)
        for hook in self._hooks:
            found = hook(self, args, first)
            output = output if found is None else found
        return output


# %% wrong="Module: copies for the optimiser; breaks: what was assigned"
class Module:
    """Knows its parameters, buffers and inner modules by name."""

    _parameters = cached_property(lambda self: {})
    _buffers = cached_property(lambda self: {})
    _modules = cached_property(lambda self: {})
    _plain = cached_property(lambda self: {"training": True})
    _hooks = cached_property(lambda self: [])

    def __getattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules, self._plain):
            if name in table:
                return table[name]
        raise AttributeError(f"{type(self).__name__} has no attribute {name}")

    def __setattr__(self, name, value):
        place = self._plain
        if isinstance(value, nn.Parameter):
            place, value = self._parameters, nn.Parameter(value.detach().clone())
        elif isinstance(value, Module):
            place = self._modules
        elif isinstance(value, torch.Tensor) and name in self._buffers:
            place = self._buffers
        for other in (self._plain, self._parameters, self._buffers, self._modules):
            if other is not place:
                other.pop(name, None)
        place[name] = value

    def register_buffer(self, name, tensor):
        self._buffers[name] = tensor

    def named_parameters(self, prefix=""):
        for name, parameter in self._parameters.items():
            yield prefix + name, parameter
        for name, module in self._modules.items():
            yield from module.named_parameters(f"{prefix}{name}.")

    def parameters(self):
        return (parameter for _, parameter in self.named_parameters())

    def state_dict(self, prefix=""):
        own = {**self._parameters, **self._buffers}
        state = {prefix + name: tensor.detach() for name, tensor in own.items()}
        for name, module in self._modules.items():
            state |= module.state_dict(f"{prefix}{name}.")
        return state

    def train(self, mode=True):
        self.training = mode
        for module in self._modules.values():
            module.train(mode)
        return self

    def eval(self):
        return self.train(False)

    def add_hook(self, hook):
        self._hooks.append(hook)

    def __call__(self, *args):
        output = self.forward(*args)
        for hook in self._hooks:
            found = hook(self, args, output)
            output = output if found is None else found
        return output


# %% wrong="Module: buffers become attributes; breaks: becomes the buffer's new value"
class Module:
    """Knows its parameters, buffers and inner modules by name."""

    _parameters = cached_property(lambda self: {})
    _buffers = cached_property(lambda self: {})
    _modules = cached_property(lambda self: {})
    _plain = cached_property(lambda self: {"training": True})
    _hooks = cached_property(lambda self: [])

    def __getattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules, self._plain):
            if name in table:
                return table[name]
        raise AttributeError(f"{type(self).__name__} has no attribute {name}")

    def __setattr__(self, name, value):
        place = self._plain
        if isinstance(value, nn.Parameter):
            place = self._parameters
        elif isinstance(value, Module):
            place = self._modules
        for other in (self._plain, self._parameters, self._buffers, self._modules):
            if other is not place:
                other.pop(name, None)
        place[name] = value

    def register_buffer(self, name, tensor):
        self._buffers[name] = tensor

    def named_parameters(self, prefix=""):
        for name, parameter in self._parameters.items():
            yield prefix + name, parameter
        for name, module in self._modules.items():
            yield from module.named_parameters(f"{prefix}{name}.")

    def parameters(self):
        return (parameter for _, parameter in self.named_parameters())

    def state_dict(self, prefix=""):
        own = {**self._parameters, **self._buffers}
        state = {prefix + name: tensor.detach() for name, tensor in own.items()}
        for name, module in self._modules.items():
            state |= module.state_dict(f"{prefix}{name}.")
        return state

    def train(self, mode=True):
        self.training = mode
        for module in self._modules.values():
            module.train(mode)
        return self

    def eval(self):
        return self.train(False)

    def add_hook(self, hook):
        self._hooks.append(hook)

    def __call__(self, *args):
        output = self.forward(*args)
        for hook in self._hooks:
            found = hook(self, args, output)
            output = output if found is None else found
        return output


# %% wrong="Module: forward with one argument; breaks: calling is forward"
class Module:
    """Knows its parameters, buffers and inner modules by name."""

    _parameters = cached_property(lambda self: {})
    _buffers = cached_property(lambda self: {})
    _modules = cached_property(lambda self: {})
    _plain = cached_property(lambda self: {"training": True})
    _hooks = cached_property(lambda self: [])

    def __getattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules, self._plain):
            if name in table:
                return table[name]
        raise AttributeError(f"{type(self).__name__} has no attribute {name}")

    def __setattr__(self, name, value):
        place = self._plain
        if isinstance(value, nn.Parameter):
            place = self._parameters
        elif isinstance(value, Module):
            place = self._modules
        elif isinstance(value, torch.Tensor) and name in self._buffers:
            place = self._buffers
        for other in (self._plain, self._parameters, self._buffers, self._modules):
            if other is not place:
                other.pop(name, None)
        place[name] = value

    def register_buffer(self, name, tensor):
        self._buffers[name] = tensor

    def named_parameters(self, prefix=""):
        for name, parameter in self._parameters.items():
            yield prefix + name, parameter
        for name, module in self._modules.items():
            yield from module.named_parameters(f"{prefix}{name}.")

    def parameters(self):
        return (parameter for _, parameter in self.named_parameters())

    def state_dict(self, prefix=""):
        own = {**self._parameters, **self._buffers}
        state = {prefix + name: tensor.detach() for name, tensor in own.items()}
        for name, module in self._modules.items():
            state |= module.state_dict(f"{prefix}{name}.")
        return state

    def train(self, mode=True):
        self.training = mode
        for module in self._modules.values():
            module.train(mode)
        return self

    def eval(self):
        return self.train(False)

    def add_hook(self, hook):
        self._hooks.append(hook)

    def __call__(self, *args):
        output = self.forward(args[0])
        for hook in self._hooks:
            found = hook(self, args, output)
            output = output if found is None else found
        return output


# %% right="gain: thousands of millions are not needed: a fine grid in float64"
def gain_of(activation) -> float:
    """The gain of an activation, which takes and returns a tensor."""
    z = torch.arange(-8, 8, 0.001, dtype=torch.float64)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    return ((activation(z) ** 2 * density).sum() * 0.001).item() ** -0.5


def matrices(sizes: list[int], gain: float) -> list[torch.Tensor]:
    """Weights for all layers of a network with these sizes."""
    return [torch.randn(d, units) * gain / d**0.5 for d, units in itertools.pairwise(sizes)]


# %% right="gain: torch's normal as the weight"
def gain_of(activation) -> float:
    """The gain of an activation, which takes and returns a tensor."""
    z = torch.linspace(-10, 10, 20001, dtype=torch.float64)
    density = torch.distributions.Normal(0.0, 1.0).log_prob(z).exp()
    return ((activation(z) ** 2 * density).sum() * 0.001).item() ** -0.5


def matrices(sizes: list[int], gain: float) -> list[torch.Tensor]:
    """Weights for all layers of a network with these sizes."""
    return [torch.randn(d, units) * gain / d**0.5 for d, units in itertools.pairwise(sizes)]


# %% right="gain: a sum of weights in place of the step"
def gain_of(activation) -> float:
    """The gain of an activation, which takes and returns a tensor."""
    z = torch.linspace(-10, 10, 20001, dtype=torch.float64)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    share = density / density.sum()
    return float((activation(z) ** 2 * share).sum()) ** -0.5


def matrices(sizes: list[int], gain: float) -> list[torch.Tensor]:
    """Weights for all layers of a network with these sizes."""
    return [torch.normal(0.0, gain / math.sqrt(d), (d, units)) for d, units in itertools.pairwise(sizes)]


# %% wrong="gain: a thousand draws; breaks: one part in a thousand"
def gain_of(activation) -> float:
    """The gain of an activation, which takes and returns a tensor."""
    z = torch.linspace(-10, 10, 20001, dtype=torch.float64)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    return float(activation(torch.randn(1000)).pow(2).mean() ** -0.5)


def matrices(sizes: list[int], gain: float) -> list[torch.Tensor]:
    """Weights for all layers of a network with these sizes."""
    return [torch.randn(d, units) * gain / d**0.5 for d, units in itertools.pairwise(sizes)]


# %% wrong="gain: positive half only; breaks: normal numbers have both signs"
def gain_of(activation) -> float:
    """The gain of an activation, which takes and returns a tensor."""
    z = torch.linspace(0, 20, 20001, dtype=torch.float64)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    return ((activation(z) ** 2 * density).sum() * 0.001).item() ** -0.5


def matrices(sizes: list[int], gain: float) -> list[torch.Tensor]:
    """Weights for all layers of a network with these sizes."""
    return [torch.randn(d, units) * gain / d**0.5 for d, units in itertools.pairwise(sizes)]


# %% wrong="gain: even weights; breaks: the density"
def gain_of(activation) -> float:
    """The gain of an activation, which takes and returns a tensor."""
    z = torch.linspace(-10, 10, 20001, dtype=torch.float64)
    density = torch.full_like(z, 0.05)
    return ((activation(z) ** 2 * density).sum() * 0.001).item() ** -0.5


def matrices(sizes: list[int], gain: float) -> list[torch.Tensor]:
    """Weights for all layers of a network with these sizes."""
    return [torch.randn(d, units) * gain / d**0.5 for d, units in itertools.pairwise(sizes)]


# %% wrong="gain: uniform entries; breaks: normal"
def gain_of(activation) -> float:
    """The gain of an activation, which takes and returns a tensor."""
    z = torch.linspace(-10, 10, 20001, dtype=torch.float64)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    return ((activation(z) ** 2 * density).sum() * 0.001).item() ** -0.5


def matrices(sizes: list[int], gain: float) -> list[torch.Tensor]:
    """Weights for all layers of a network with these sizes."""
    return [(2 * torch.rand(d, units) - 1) * gain * (3 / d) ** 0.5 for d, units in itertools.pairwise(sizes)]


# %% wrong="gain: the first size for all; breaks: fan_in of each"
def gain_of(activation) -> float:
    """The gain of an activation, which takes and returns a tensor."""
    z = torch.linspace(-10, 10, 20001, dtype=torch.float64)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    return ((activation(z) ** 2 * density).sum() * 0.001).item() ** -0.5


def matrices(sizes: list[int], gain: float) -> list[torch.Tensor]:
    """Weights for all layers of a network with these sizes."""
    return [torch.randn(d, units) * gain / sizes[0] ** 0.5 for d, units in itertools.pairwise(sizes)]


# %% wrong="gain: a seed; breaks: draws afresh"
def gain_of(activation) -> float:
    """The gain of an activation, which takes and returns a tensor."""
    z = torch.linspace(-10, 10, 20001, dtype=torch.float64)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    return ((activation(z) ** 2 * density).sum() * 0.001).item() ** -0.5


def matrices(sizes: list[int], gain: float) -> list[torch.Tensor]:
    """Weights for all layers of a network with these sizes."""
    torch.manual_seed(0)
    return [torch.randn(d, units) * gain / d**0.5 for d, units in itertools.pairwise(sizes)]


# %% wrong="gain: gain ignored; breaks: gain / root"
def gain_of(activation) -> float:
    """The gain of an activation, which takes and returns a tensor."""
    z = torch.linspace(-10, 10, 20001, dtype=torch.float64)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    return ((activation(z) ** 2 * density).sum() * 0.001).item() ** -0.5


def matrices(sizes: list[int], gain: float) -> list[torch.Tensor]:
    """Weights for all layers of a network with these sizes."""
    return [torch.randn(d, units) / d**0.5 for d, units in itertools.pairwise(sizes)]


# %% right="norms: a helper for both"
def layer_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Normalised over the last axes, scaled by weight and shifted by bias."""
    return normalised(x, tuple(range(x.ndim - weight.ndim, x.ndim)), eps) * weight + bias


def batch_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Each feature normalised over the batch, scaled by its weight and shifted by its bias."""
    return normalised(x, 0, eps) * weight + bias


def normalised(x, axes, eps):
    var, mean = torch.var_mean(x, dim=axes, correction=0, keepdim=True)
    return (x - mean) / torch.sqrt(var + eps)


def fold(linear_weight, linear_bias, mean, var, weight, bias, eps: float = 1e-5) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight and bias of the linear layer that does the work of both."""
    scale = weight / (var + eps).sqrt()
    return linear_weight * scale[:, None], (linear_bias - mean) * scale + bias


# %% right="norms: fold by probing with zeros and unit vectors"
def layer_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Normalised over the last axes, scaled by weight and shifted by bias."""
    axes = tuple(range(-weight.ndim, 0))
    mean, var = x.mean(dim=axes, keepdim=True), x.var(dim=axes, correction=0, keepdim=True)
    return (x - mean) / (var + eps).sqrt() * weight + bias


def batch_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Each feature normalised over the batch, scaled by its weight and shifted by its bias."""
    mean, var = x.mean(dim=0), x.var(dim=0, correction=0)
    return (x - mean) / (var + eps).sqrt() * weight + bias


def fold(linear_weight, linear_bias, mean, var, weight, bias, eps: float = 1e-5) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight and bias of the linear layer that does the work of both."""

    def both(x):
        return (x @ linear_weight.T + linear_bias - mean) / (var + eps).sqrt() * weight + bias

    inside = linear_weight.shape[1]
    at_zero = both(torch.zeros(1, inside, dtype=linear_weight.dtype))[0]
    return (both(torch.eye(inside, dtype=linear_weight.dtype)) - at_zero).T, at_zero


# %% right="norms: moments"
def layer_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Normalised over the last axes, scaled by weight and shifted by bias."""
    axes = tuple(range(-weight.ndim, 0))
    mean, var = x.mean(dim=axes, keepdim=True), x.var(dim=axes, correction=0, keepdim=True)
    return (x - mean) / (var + eps).sqrt() * weight + bias


def batch_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Each feature normalised over the batch, scaled by its weight and shifted by its bias."""
    mean = x.sum(dim=0) / len(x)
    var = ((x - mean) ** 2).sum(dim=0) / len(x)
    return (x - mean) / (var + eps).sqrt() * weight + bias


def fold(linear_weight, linear_bias, mean, var, weight, bias, eps: float = 1e-5) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight and bias of the linear layer that does the work of both."""
    scale = weight / (var + eps).sqrt()
    return linear_weight * scale[:, None], (linear_bias - mean) * scale + bias


# %% wrong="norms: epsilon fixed; breaks: eps"
def layer_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Normalised over the last axes, scaled by weight and shifted by bias."""
    axes = tuple(range(-weight.ndim, 0))
    mean, var = x.mean(dim=axes, keepdim=True), x.var(dim=axes, correction=0, keepdim=True)
    return (x - mean) / (var + 1e-5).sqrt() * weight + bias


def batch_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Each feature normalised over the batch, scaled by its weight and shifted by its bias."""
    mean, var = x.mean(dim=0), x.var(dim=0, correction=0)
    return (x - mean) / (var + 1e-5).sqrt() * weight + bias


def fold(linear_weight, linear_bias, mean, var, weight, bias, eps: float = 1e-5) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight and bias of the linear layer that does the work of both."""
    scale = weight / (var + eps).sqrt()
    return linear_weight * scale[:, None], (linear_bias - mean) * scale + bias


# %% wrong="norms: no shift; breaks: shifted by bias"
def layer_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Normalised over the last axes, scaled by weight and shifted by bias."""
    axes = tuple(range(-weight.ndim, 0))
    mean, var = x.mean(dim=axes, keepdim=True), x.var(dim=axes, correction=0, keepdim=True)
    return (x - mean) / (var + eps).sqrt() * weight + bias


def batch_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Each feature normalised over the batch, scaled by its weight and shifted by its bias."""
    mean, var = x.mean(dim=0), x.var(dim=0, correction=0)
    return (x - mean) / (var + eps).sqrt() * weight


def fold(linear_weight, linear_bias, mean, var, weight, bias, eps: float = 1e-5) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight and bias of the linear layer that does the work of both."""
    scale = weight / (var + eps).sqrt()
    return linear_weight * scale[:, None], (linear_bias - mean) * scale + bias


# %% wrong="norms: mean added in the fold; breaks: bias minus mean"
def layer_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Normalised over the last axes, scaled by weight and shifted by bias."""
    axes = tuple(range(-weight.ndim, 0))
    mean, var = x.mean(dim=axes, keepdim=True), x.var(dim=axes, correction=0, keepdim=True)
    return (x - mean) / (var + eps).sqrt() * weight + bias


def batch_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Each feature normalised over the batch, scaled by its weight and shifted by its bias."""
    mean, var = x.mean(dim=0), x.var(dim=0, correction=0)
    return (x - mean) / (var + eps).sqrt() * weight + bias


def fold(linear_weight, linear_bias, mean, var, weight, bias, eps: float = 1e-5) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight and bias of the linear layer that does the work of both."""
    scale = weight / (var + eps).sqrt()
    return linear_weight * scale[:, None], (linear_bias + mean) * scale + bias


# %% wrong="norms: statistics detached; breaks: differentiable"
def layer_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Normalised over the last axes, scaled by weight and shifted by bias."""
    axes = tuple(range(-weight.ndim, 0))
    mean, var = x.mean(dim=axes, keepdim=True).detach(), x.var(dim=axes, correction=0, keepdim=True).detach()
    return (x - mean) / (var + eps).sqrt() * weight + bias


def batch_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Each feature normalised over the batch, scaled by its weight and shifted by its bias."""
    mean, var = x.mean(dim=0), x.var(dim=0, correction=0)
    return (x - mean) / (var + eps).sqrt() * weight + bias


def fold(linear_weight, linear_bias, mean, var, weight, bias, eps: float = 1e-5) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight and bias of the linear layer that does the work of both."""
    scale = weight / (var + eps).sqrt()
    return linear_weight * scale[:, None], (linear_bias - mean) * scale + bias


# %% wrong="norms: torch's layer norm; breaks: by hand"
def layer_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Normalised over the last axes, scaled by weight and shifted by bias."""
    return F.layer_norm(x, weight.shape, weight, bias, eps)


def batch_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Each feature normalised over the batch, scaled by its weight and shifted by its bias."""
    mean, var = x.mean(dim=0), x.var(dim=0, correction=0)
    return (x - mean) / (var + eps).sqrt() * weight + bias


def fold(linear_weight, linear_bias, mean, var, weight, bias, eps: float = 1e-5) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight and bias of the linear layer that does the work of both."""
    scale = weight / (var + eps).sqrt()
    return linear_weight * scale[:, None], (linear_bias - mean) * scale + bias


# %% wrong="norms: divided by the variance; breaks: standard deviation"
def layer_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Normalised over the last axes, scaled by weight and shifted by bias."""
    axes = tuple(range(-weight.ndim, 0))
    mean, var = x.mean(dim=axes, keepdim=True), x.var(dim=axes, correction=0, keepdim=True)
    return (x - mean) / (var + eps).sqrt() * weight + bias


def batch_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Each feature normalised over the batch, scaled by its weight and shifted by its bias."""
    mean, var = x.mean(dim=0), x.var(dim=0, correction=0)
    return (x - mean) / (var + eps).sqrt() * weight + bias


def fold(linear_weight, linear_bias, mean, var, weight, bias, eps: float = 1e-5) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight and bias of the linear layer that does the work of both."""
    scale = weight / (var + eps)
    return linear_weight * scale[:, None], (linear_bias - mean) * scale + bias


# %% right="dropout: scaled first"
def dropout(x: torch.Tensor, p: float, training: bool = True) -> torch.Tensor:
    """x with entries dropped with probability p and the others scaled, if training."""
    if not training or p == 0:
        return x.clone()
    if p == 1:
        return x * 0
    mask = torch.empty_like(x).bernoulli_(1 - p).div_(1 - p)
    return mask * x


def joint_rate(*rates: float) -> float:
    """The rate of the one dropout that does what these do together."""
    return 1 - math.prod(1 - p for p in rates)


def effect(w: torch.Tensor, x: torch.Tensor, p: float) -> tuple[float, float]:
    """Mean and variance of w · x when x goes through dropout with p; both have the shape (n,)."""
    return (w @ x).item(), (p / (1 - p) * (w * x).square().sum()).item()


# %% right="dropout: functools"
def dropout(x: torch.Tensor, p: float, training: bool = True) -> torch.Tensor:
    """x with entries dropped with probability p and the others scaled, if training."""
    if not training or p == 0:
        return x.clone()
    if p == 1:
        return x * 0
    return x * (torch.rand(x.shape) >= p) / (1 - p)


def joint_rate(*rates: float) -> float:
    """The rate of the one dropout that does what these do together."""
    import functools

    return functools.reduce(lambda a, b: a + b - a * b, rates, 0)


def effect(w: torch.Tensor, x: torch.Tensor, p: float) -> tuple[float, float]:
    """Mean and variance of w · x when x goes through dropout with p; both have the shape (n,)."""
    return (w @ x).item(), (p / (1 - p) * (w * x).square().sum()).item()


# %% right="dropout: variances term by term"
def dropout(x: torch.Tensor, p: float, training: bool = True) -> torch.Tensor:
    """x with entries dropped with probability p and the others scaled, if training."""
    if not training or p == 0:
        return x.clone()
    if p == 1:
        return x * 0
    return x * (torch.rand(x.shape) >= p) / (1 - p)


def joint_rate(*rates: float) -> float:
    """The rate of the one dropout that does what these do together."""
    return 1 - math.prod(1 - p for p in rates)


def effect(w: torch.Tensor, x: torch.Tensor, p: float) -> tuple[float, float]:
    """Mean and variance of w · x when x goes through dropout with p; both have the shape (n,)."""
    pairs = list(zip(w.tolist(), x.tolist()))
    return float(sum(a * b for a, b in pairs)), float(sum(a * a * b * b for a, b in pairs)) * p / (1 - p)


# %% wrong="dropout: divided by p; breaks: 1 - p"
def dropout(x: torch.Tensor, p: float, training: bool = True) -> torch.Tensor:
    """x with entries dropped with probability p and the others scaled, if training."""
    if not training or p == 0:
        return x.clone()
    if p == 1:
        return x * 0
    return x * (torch.rand(x.shape) >= p) / p


def joint_rate(*rates: float) -> float:
    """The rate of the one dropout that does what these do together."""
    return 1 - math.prod(1 - p for p in rates)


def effect(w: torch.Tensor, x: torch.Tensor, p: float) -> tuple[float, float]:
    """Mean and variance of w · x when x goes through dropout with p; both have the shape (n,)."""
    return (w @ x).item(), (p / (1 - p) * (w * x).square().sum()).item()


# %% wrong="dropout: exactly the share; breaks: independently"
def dropout(x: torch.Tensor, p: float, training: bool = True) -> torch.Tensor:
    """x with entries dropped with probability p and the others scaled, if training."""
    if not training or p == 0:
        return x.clone()
    if p == 1:
        return x * 0
    flat = torch.ones(x.numel())
    flat[torch.randperm(x.numel())[: round(p * x.numel())]] = 0
    return x * flat.reshape(x.shape) / (1 - p)


def joint_rate(*rates: float) -> float:
    """The rate of the one dropout that does what these do together."""
    return 1 - math.prod(1 - p for p in rates)


def effect(w: torch.Tensor, x: torch.Tensor, p: float) -> tuple[float, float]:
    """Mean and variance of w · x when x goes through dropout with p; both have the shape (n,)."""
    return (w @ x).item(), (p / (1 - p) * (w * x).square().sum()).item()


# %% wrong="dropout: not a number at 1; breaks: both ends included"
def dropout(x: torch.Tensor, p: float, training: bool = True) -> torch.Tensor:
    """x with entries dropped with probability p and the others scaled, if training."""
    if not training or p == 0:
        return x.clone()
    return x * (torch.rand(x.shape) >= p) / (1 - p)


def joint_rate(*rates: float) -> float:
    """The rate of the one dropout that does what these do together."""
    return 1 - math.prod(1 - p for p in rates)


def effect(w: torch.Tensor, x: torch.Tensor, p: float) -> tuple[float, float]:
    """Mean and variance of w · x when x goes through dropout with p; both have the shape (n,)."""
    return (w @ x).item(), (p / (1 - p) * (w * x).square().sum()).item()


# %% wrong="dropout: the mask has a seed; breaks: anew every time"
def dropout(x: torch.Tensor, p: float, training: bool = True) -> torch.Tensor:
    """x with entries dropped with probability p and the others scaled, if training."""
    if not training or p == 0:
        return x.clone()
    if p == 1:
        return x * 0
    torch.manual_seed(0)
    return x * (torch.rand(x.shape) >= p) / (1 - p)


def joint_rate(*rates: float) -> float:
    """The rate of the one dropout that does what these do together."""
    return 1 - math.prod(1 - p for p in rates)


def effect(w: torch.Tensor, x: torch.Tensor, p: float) -> tuple[float, float]:
    """Mean and variance of w · x when x goes through dropout with p; both have the shape (n,)."""
    return (w @ x).item(), (p / (1 - p) * (w * x).square().sum()).item()


# %% wrong="dropout: the first two only; breaks: several"
def dropout(x: torch.Tensor, p: float, training: bool = True) -> torch.Tensor:
    """x with entries dropped with probability p and the others scaled, if training."""
    if not training or p == 0:
        return x.clone()
    if p == 1:
        return x * 0
    return x * (torch.rand(x.shape) >= p) / (1 - p)


def joint_rate(*rates: float) -> float:
    """The rate of the one dropout that does what these do together."""
    return 1 - math.prod(1 - p for p in rates[:2])


def effect(w: torch.Tensor, x: torch.Tensor, p: float) -> tuple[float, float]:
    """Mean and variance of w · x when x goes through dropout with p; both have the shape (n,)."""
    return (w @ x).item(), (p / (1 - p) * (w * x).square().sum()).item()


# %% wrong="dropout: the standard deviation; breaks: variance"
def dropout(x: torch.Tensor, p: float, training: bool = True) -> torch.Tensor:
    """x with entries dropped with probability p and the others scaled, if training."""
    if not training or p == 0:
        return x.clone()
    if p == 1:
        return x * 0
    return x * (torch.rand(x.shape) >= p) / (1 - p)


def joint_rate(*rates: float) -> float:
    """The rate of the one dropout that does what these do together."""
    return 1 - math.prod(1 - p for p in rates)


def effect(w: torch.Tensor, x: torch.Tensor, p: float) -> tuple[float, float]:
    """Mean and variance of w · x when x goes through dropout with p; both have the shape (n,)."""
    return (w @ x).item(), (p / (1 - p) * (w * x).square().sum()).sqrt().item()


# %% wrong="dropout: the square of the sum; breaks: each term by itself"
def dropout(x: torch.Tensor, p: float, training: bool = True) -> torch.Tensor:
    """x with entries dropped with probability p and the others scaled, if training."""
    if not training or p == 0:
        return x.clone()
    if p == 1:
        return x * 0
    return x * (torch.rand(x.shape) >= p) / (1 - p)


def joint_rate(*rates: float) -> float:
    """The rate of the one dropout that does what these do together."""
    return 1 - math.prod(1 - p for p in rates)


def effect(w: torch.Tensor, x: torch.Tensor, p: float) -> tuple[float, float]:
    """Mean and variance of w · x when x goes through dropout with p; both have the shape (n,)."""
    return (w @ x).item(), (p / (1 - p) * (w * x).sum().square()).item()


# %% right="penalties: relu both ways"
def l2_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L2 penalty."""
    return (1 - lr * strength) * w - lr * slope


def l1_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L1 penalty, by the table."""
    return w - lr * slope - lr * strength * torch.sign(w)


def soft_threshold(w: torch.Tensor, t: float) -> torch.Tensor:
    """Every weight moved by t towards 0, and not beyond."""
    return torch.relu(w - t) - torch.relu(-w - t)


def bias_variance(predictions: torch.Tensor, truth: torch.Tensor) -> tuple[float, float]:
    """The mean squared bias and the mean variance."""
    bias = predictions.mean(dim=0) - truth
    return bias.square().mean().item(), predictions.var(dim=0, correction=0).mean().item()


# %% right="penalties: F.softshrink"
def l2_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L2 penalty."""
    return (1 - lr * strength) * w - lr * slope


def l1_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L1 penalty, by the table."""
    return w - lr * slope - lr * strength * torch.sign(w)


def soft_threshold(w: torch.Tensor, t: float) -> torch.Tensor:
    """Every weight moved by t towards 0, and not beyond."""
    return F.softshrink(w, t)


def bias_variance(predictions: torch.Tensor, truth: torch.Tensor) -> tuple[float, float]:
    """The mean squared bias and the mean variance."""
    bias = predictions.mean(dim=0) - truth
    return bias.square().mean().item(), predictions.var(dim=0, correction=0).mean().item()


# %% right="penalties: variance as what is left"
def l2_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L2 penalty."""
    return (1 - lr * strength) * w - lr * slope


def l1_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L1 penalty, by the table."""
    return w - lr * slope - lr * strength * torch.sign(w)


def soft_threshold(w: torch.Tensor, t: float) -> torch.Tensor:
    """Every weight moved by t towards 0, and not beyond."""
    return torch.sign(w) * (w.abs() - t).clamp(min=0)


def bias_variance(predictions: torch.Tensor, truth: torch.Tensor) -> tuple[float, float]:
    """The mean squared bias and the mean variance."""
    center = predictions.double().mean(dim=0)
    bias = float(((center - truth) ** 2).mean())
    return bias, float(((predictions - center) ** 2).mean())


# %% wrong="penalties: two lambda w; breaks: half the square"
def l2_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L2 penalty."""
    return (1 - 2 * lr * strength) * w - lr * slope


def l1_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L1 penalty, by the table."""
    return w - lr * slope - lr * strength * torch.sign(w)


def soft_threshold(w: torch.Tensor, t: float) -> torch.Tensor:
    """Every weight moved by t towards 0, and not beyond."""
    return torch.sign(w) * (w.abs() - t).clamp(min=0)


def bias_variance(predictions: torch.Tensor, truth: torch.Tensor) -> tuple[float, float]:
    """The mean squared bias and the mean variance."""
    bias = predictions.mean(dim=0) - truth
    return bias.square().mean().item(), predictions.var(dim=0, correction=0).mean().item()


# %% wrong="penalties: the slope without the rate; breaks: lr times slope"
def l2_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L2 penalty."""
    return (1 - lr * strength) * w - slope


def l1_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L1 penalty, by the table."""
    return w - lr * slope - lr * strength * torch.sign(w)


def soft_threshold(w: torch.Tensor, t: float) -> torch.Tensor:
    """Every weight moved by t towards 0, and not beyond."""
    return torch.sign(w) * (w.abs() - t).clamp(min=0)


def bias_variance(predictions: torch.Tensor, truth: torch.Tensor) -> tuple[float, float]:
    """The mean squared bias and the mean variance."""
    bias = predictions.mean(dim=0) - truth
    return bias.square().mean().item(), predictions.var(dim=0, correction=0).mean().item()


# %% wrong="penalties: weights decay after the step; breaks: one gradient"
def l2_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L2 penalty."""
    return (1 - lr * strength) * (w - lr * slope)


def l1_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L1 penalty, by the table."""
    return w - lr * slope - lr * strength * torch.sign(w)


def soft_threshold(w: torch.Tensor, t: float) -> torch.Tensor:
    """Every weight moved by t towards 0, and not beyond."""
    return torch.sign(w) * (w.abs() - t).clamp(min=0)


def bias_variance(predictions: torch.Tensor, truth: torch.Tensor) -> tuple[float, float]:
    """The mean squared bias and the mean variance."""
    bias = predictions.mean(dim=0) - truth
    return bias.square().mean().item(), predictions.var(dim=0, correction=0).mean().item()


# %% wrong="penalties: square of the mean bias; breaks: mean squared bias"
def l2_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L2 penalty."""
    return (1 - lr * strength) * w - lr * slope


def l1_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L1 penalty, by the table."""
    return w - lr * slope - lr * strength * torch.sign(w)


def soft_threshold(w: torch.Tensor, t: float) -> torch.Tensor:
    """Every weight moved by t towards 0, and not beyond."""
    return torch.sign(w) * (w.abs() - t).clamp(min=0)


def bias_variance(predictions: torch.Tensor, truth: torch.Tensor) -> tuple[float, float]:
    """The mean squared bias and the mean variance."""
    bias = predictions.mean(dim=0) - truth
    return bias.mean().square().item(), predictions.var(dim=0, correction=0).mean().item()


# %% wrong="penalties: variance over the points; breaks: over the models"
def l2_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L2 penalty."""
    return (1 - lr * strength) * w - lr * slope


def l1_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L1 penalty, by the table."""
    return w - lr * slope - lr * strength * torch.sign(w)


def soft_threshold(w: torch.Tensor, t: float) -> torch.Tensor:
    """Every weight moved by t towards 0, and not beyond."""
    return torch.sign(w) * (w.abs() - t).clamp(min=0)


def bias_variance(predictions: torch.Tensor, truth: torch.Tensor) -> tuple[float, float]:
    """The mean squared bias and the mean variance."""
    bias = predictions.mean(dim=0) - truth
    return bias.square().mean().item(), predictions.var(dim=1, correction=0).mean().item()


# %% wrong="penalties: the absolute weight; breaks: sign"
def l2_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L2 penalty."""
    return (1 - lr * strength) * w - lr * slope


def l1_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L1 penalty, by the table."""
    return w - lr * slope - lr * strength * torch.abs(w)


def soft_threshold(w: torch.Tensor, t: float) -> torch.Tensor:
    """Every weight moved by t towards 0, and not beyond."""
    return torch.sign(w) * (w.abs() - t).clamp(min=0)


def bias_variance(predictions: torch.Tensor, truth: torch.Tensor) -> tuple[float, float]:
    """The mean squared bias and the mean variance."""
    bias = predictions.mean(dim=0) - truth
    return bias.square().mean().item(), predictions.var(dim=0, correction=0).mean().item()


# %% right="fetch_once: status by hand, then the same error"
def fetch_once(session, url: str, path: Path) -> bytes:
    """The bytes of the file at path, which is downloaded from url if it is not there yet."""
    if not path.exists():
        reply = session.get(url, timeout=10)
        if not reply.ok:
            raise requests.HTTPError(f"{reply.status_code} for {url}")
        part = path.with_suffix(".part")
        part.write_bytes(reply.content)
        part.replace(path)
    return path.read_bytes()


# %% right="fetch_once: try to read, else fetch"
def fetch_once(session, url: str, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        reply = session.get(url, timeout=30)
        reply.raise_for_status()
        other = path.parent / (path.name + ".tmp")
        other.write_bytes(reply.content)
        other.replace(path)
        return path.read_bytes()


# %% right="fetch_once: os.path and os.replace"
def fetch_once(session, url: str, path: Path) -> bytes:
    import os

    if not os.path.exists(path):
        reply = session.get(url, timeout=10)
        reply.raise_for_status()
        with open(f"{path}.part", "wb") as file:
            file.write(reply.content)
        os.replace(f"{path}.part", path)
    with open(path, "rb") as file:
        return file.read()


# %% wrong="fetch_once: the status after the rename; breaks: no file appears"
def fetch_once(session, url: str, path: Path) -> bytes:
    """The bytes of the file at path, which is downloaded from url if it is not there yet."""
    if not path.exists():
        reply = session.get(url, timeout=10)
        part = path.with_suffix(".part")
        part.write_bytes(reply.content)
        part.replace(path)
        reply.raise_for_status()
    return path.read_bytes()


# %% wrong="fetch_once: the error is swallowed; breaks: goes to the caller"
def fetch_once(session, url: str, path: Path) -> bytes:
    """The bytes of the file at path, which is downloaded from url if it is not there yet."""
    if not path.exists():
        reply = session.get(url, timeout=10)
        if not reply.ok:
            return b""
        part = path.with_suffix(".part")
        part.write_bytes(reply.content)
        part.replace(path)
    return path.read_bytes()


# %% wrong="fetch_once: an empty file counts as missing; breaks: once"
def fetch_once(session, url: str, path: Path) -> bytes:
    """The bytes of the file at path, which is downloaded from url if it is not there yet."""
    if not path.exists() or path.stat().st_size == 0:
        reply = session.get(url, timeout=10)
        reply.raise_for_status()
        part = path.with_suffix(".part")
        part.write_bytes(reply.content)
        part.replace(path)
    return path.read_bytes()


# %% wrong="fetch_once: asks first, then looks; breaks: nothing is asked"
def fetch_once(session, url: str, path: Path) -> bytes:
    """The bytes of the file at path, which is downloaded from url if it is not there yet."""
    reply = session.get(url, timeout=10)
    if not path.exists():
        reply.raise_for_status()
        part = path.with_suffix(".part")
        part.write_bytes(reply.content)
        part.replace(path)
    return path.read_bytes()


# %% wrong="fetch_once: part stays behind as a copy; breaks: renames"
def fetch_once(session, url: str, path: Path) -> bytes:
    """The bytes of the file at path, which is downloaded from url if it is not there yet."""
    if not path.exists():
        reply = session.get(url, timeout=10)
        reply.raise_for_status()
        part = path.with_suffix(".part")
        part.write_bytes(reply.content)
        path.write_bytes(part.read_bytes())
    return path.read_bytes()


# %% right="Trainer: lists of losses and sizes"
class DataModule:
    """Hands out batches of its rows."""

    def __init__(self, x, y, valid_x, valid_y, size: int):
        self.train, self.valid, self.size = (x, y), (valid_x, valid_y), size

    def train_batches(self):
        x, y = self.train
        for rows in torch.randperm(len(x)).split(self.size):
            yield x[rows], y[rows]

    def valid_batches(self):
        x, y = self.valid
        return zip(x.split(self.size), y.split(self.size), strict=True)


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        """Trains the model in place and leaves it as it was at its best epoch, whose number it returns."""
        best, best_epoch, kept = math.inf, 0, {}
        for epoch in range(1, self.max_epochs + 1):
            model.train()
            total, rows = 0.0, 0
            for batch in data.train_batches():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                opt.step()
                total, rows = total + loss.item() * len(batch[0]), rows + len(batch[0])
            self.board.add("training loss", total / rows)
            model.eval()
            losses, sizes = [], []
            for batch in data.valid_batches():
                with torch.no_grad():
                    losses.append(float(model.validation_step(batch)))
                sizes.append(len(batch[1]))
            total, rows = sum(loss * size for loss, size in zip(losses, sizes)), sum(sizes)
            self.board.add("validation loss", total / rows)
            if total / rows < best:
                best, best_epoch = total / rows, epoch
                kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
            elif epoch - best_epoch >= self.patience:
                break
        for name, tensor in model.state_dict().items():
            tensor.copy_(kept[name])
        return best_epoch


# %% right="Trainer: DataLoader inside"
class DataModule:
    """Hands out batches of its rows."""

    def __init__(self, x, y, valid_x, valid_y, size: int):
        self.train, self.valid, self.size = (x, y), (valid_x, valid_y), size

    def train_batches(self):
        from torch.utils.data import DataLoader, TensorDataset

        yield from DataLoader(TensorDataset(*self.train), batch_size=self.size, shuffle=True)

    def valid_batches(self):
        x, y = self.valid
        return zip(x.split(self.size), y.split(self.size), strict=True)


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        """Trains the model in place and leaves it as it was at its best epoch, whose number it returns."""
        best, best_epoch, kept = math.inf, 0, {}
        for epoch in range(1, self.max_epochs + 1):
            model.train()
            total, rows = 0.0, 0
            for batch in data.train_batches():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                opt.step()
                total, rows = total + loss.item() * len(batch[0]), rows + len(batch[0])
            self.board.add("training loss", total / rows)
            model.eval()
            total, rows = 0.0, 0
            with torch.no_grad():
                for batch in data.valid_batches():
                    total, rows = total + model.validation_step(batch).item() * len(batch[0]), rows + len(batch[0])
            self.board.add("validation loss", total / rows)
            if total / rows < best:
                best, best_epoch = total / rows, epoch
                kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
            elif epoch - best_epoch >= self.patience:
                break
        for name, tensor in model.state_dict().items():
            tensor.copy_(kept[name])
        return best_epoch


# %% right="Trainer: while, and no_grad for the way back"
class DataModule:
    """Hands out batches of its rows."""

    def __init__(self, x, y, valid_x, valid_y, size: int):
        self.train, self.valid, self.size = (x, y), (valid_x, valid_y), size

    def train_batches(self):
        x, y = self.train
        for rows in torch.randperm(len(x)).split(self.size):
            yield x[rows], y[rows]

    def valid_batches(self):
        x, y = self.valid
        return zip(x.split(self.size), y.split(self.size), strict=True)


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        """Trains the model in place and leaves it as it was at its best epoch, whose number it returns."""
        best, best_epoch, kept = math.inf, 0, {}
        opt.zero_grad()
        for epoch in range(1, self.max_epochs + 1):
            model.train()
            total, rows = 0.0, 0
            for batch in data.train_batches():
                loss = model.training_step(batch)
                loss.backward()
                opt.step()
                opt.zero_grad()
                total, rows = total + loss.item() * len(batch[0]), rows + len(batch[0])
            self.board.add("training loss", total / rows)
            model.eval()
            total, rows = 0.0, 0
            with torch.no_grad():
                for batch in data.valid_batches():
                    total, rows = total + model.validation_step(batch).item() * len(batch[0]), rows + len(batch[0])
            self.board.add("validation loss", total / rows)
            if total / rows < best:
                best, best_epoch = total / rows, epoch
                kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
            elif epoch - best_epoch >= self.patience:
                break
        with torch.no_grad():
            for name, tensor in model.state_dict().items():
                tensor[...] = kept[name]
        return best_epoch


# %% wrong="Trainer: parameters only; breaks: all tensors of the state"
class DataModule:
    """Hands out batches of its rows."""

    def __init__(self, x, y, valid_x, valid_y, size: int):
        self.train, self.valid, self.size = (x, y), (valid_x, valid_y), size

    def train_batches(self):
        x, y = self.train
        for rows in torch.randperm(len(x)).split(self.size):
            yield x[rows], y[rows]

    def valid_batches(self):
        x, y = self.valid
        return zip(x.split(self.size), y.split(self.size), strict=True)


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        """Trains the model in place and leaves it as it was at its best epoch, whose number it returns."""
        best, best_epoch, kept = math.inf, 0, {}
        for epoch in range(1, self.max_epochs + 1):
            model.train()
            total, rows = 0.0, 0
            for batch in data.train_batches():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                opt.step()
                total, rows = total + loss.item() * len(batch[0]), rows + len(batch[0])
            self.board.add("training loss", total / rows)
            model.eval()
            total, rows = 0.0, 0
            with torch.no_grad():
                for batch in data.valid_batches():
                    total, rows = total + model.validation_step(batch).item() * len(batch[0]), rows + len(batch[0])
            self.board.add("validation loss", total / rows)
            if total / rows < best:
                best, best_epoch = total / rows, epoch
                kept = {name: tensor.clone() for name, tensor in model.named_parameters()}
            elif epoch - best_epoch >= self.patience:
                break
        for name, tensor in model.named_parameters():
            tensor.data.copy_(kept[name])
        return best_epoch


# %% wrong="Trainer: compared with the epoch before; breaks: every epoch before"
class DataModule:
    """Hands out batches of its rows."""

    def __init__(self, x, y, valid_x, valid_y, size: int):
        self.train, self.valid, self.size = (x, y), (valid_x, valid_y), size

    def train_batches(self):
        x, y = self.train
        for rows in torch.randperm(len(x)).split(self.size):
            yield x[rows], y[rows]

    def valid_batches(self):
        x, y = self.valid
        return zip(x.split(self.size), y.split(self.size), strict=True)


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        """Trains the model in place and leaves it as it was at its best epoch, whose number it returns."""
        best, best_epoch, kept = math.inf, 0, {}
        for epoch in range(1, self.max_epochs + 1):
            model.train()
            total, rows = 0.0, 0
            for batch in data.train_batches():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                opt.step()
                total, rows = total + loss.item() * len(batch[0]), rows + len(batch[0])
            self.board.add("training loss", total / rows)
            model.eval()
            total, rows = 0.0, 0
            with torch.no_grad():
                for batch in data.valid_batches():
                    total, rows = total + model.validation_step(batch).item() * len(batch[0]), rows + len(batch[0])
            self.board.add("validation loss", total / rows)
            better = total / rows < best
            best = total / rows
            if better:
                best, best_epoch = total / rows, epoch
                kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
            elif epoch - best_epoch >= self.patience:
                break
        for name, tensor in model.state_dict().items():
            tensor.copy_(kept[name])
        return best_epoch


# %% wrong="Trainer: bad epochs never forgiven; breaks: in a row"
class DataModule:
    """Hands out batches of its rows."""

    def __init__(self, x, y, valid_x, valid_y, size: int):
        self.train, self.valid, self.size = (x, y), (valid_x, valid_y), size

    def train_batches(self):
        x, y = self.train
        for rows in torch.randperm(len(x)).split(self.size):
            yield x[rows], y[rows]

    def valid_batches(self):
        x, y = self.valid
        return zip(x.split(self.size), y.split(self.size), strict=True)


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        """Trains the model in place and leaves it as it was at its best epoch, whose number it returns."""
        best, best_epoch, kept, bad = math.inf, 0, {}, 0
        for epoch in range(1, self.max_epochs + 1):
            model.train()
            total, rows = 0.0, 0
            for batch in data.train_batches():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                opt.step()
                total, rows = total + loss.item() * len(batch[0]), rows + len(batch[0])
            self.board.add("training loss", total / rows)
            model.eval()
            total, rows = 0.0, 0
            with torch.no_grad():
                for batch in data.valid_batches():
                    total, rows = total + model.validation_step(batch).item() * len(batch[0]), rows + len(batch[0])
            self.board.add("validation loss", total / rows)
            if total / rows < best:
                best, best_epoch = total / rows, epoch
                kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
            else:
                bad += 1
                if bad >= self.patience:
                    break
        for name, tensor in model.state_dict().items():
            tensor.copy_(kept[name])
        return best_epoch


# %% wrong="Trainer: drops the last batch; breaks: all rows"
class DataModule:
    """Hands out batches of its rows."""

    def __init__(self, x, y, valid_x, valid_y, size: int):
        self.train, self.valid, self.size = (x, y), (valid_x, valid_y), size

    def train_batches(self):
        x, y = self.train
        for rows in torch.randperm(len(x)).split(self.size):
            if len(rows) < self.size and len(x) > self.size:
                continue
            yield x[rows], y[rows]

    def valid_batches(self):
        x, y = self.valid
        return zip(x.split(self.size), y.split(self.size), strict=True)


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        """Trains the model in place and leaves it as it was at its best epoch, whose number it returns."""
        best, best_epoch, kept = math.inf, 0, {}
        for epoch in range(1, self.max_epochs + 1):
            model.train()
            total, rows = 0.0, 0
            for batch in data.train_batches():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                opt.step()
                total, rows = total + loss.item() * len(batch[0]), rows + len(batch[0])
            self.board.add("training loss", total / rows)
            model.eval()
            total, rows = 0.0, 0
            with torch.no_grad():
                for batch in data.valid_batches():
                    total, rows = total + model.validation_step(batch).item() * len(batch[0]), rows + len(batch[0])
            self.board.add("validation loss", total / rows)
            if total / rows < best:
                best, best_epoch = total / rows, epoch
                kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
            elif epoch - best_epoch >= self.patience:
                break
        for name, tensor in model.state_dict().items():
            tensor.copy_(kept[name])
        return best_epoch


# %% wrong="Trainer: one order for ever; breaks: a new one at each call"
class DataModule:
    """Hands out batches of its rows."""

    def __init__(self, x, y, valid_x, valid_y, size: int):
        self.train, self.valid, self.size = (x, y), (valid_x, valid_y), size
        self.order = torch.randperm(len(x))

    def train_batches(self):
        x, y = self.train
        for rows in self.order.split(self.size):
            yield x[rows], y[rows]

    def valid_batches(self):
        x, y = self.valid
        return zip(x.split(self.size), y.split(self.size), strict=True)


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        """Trains the model in place and leaves it as it was at its best epoch, whose number it returns."""
        best, best_epoch, kept = math.inf, 0, {}
        for epoch in range(1, self.max_epochs + 1):
            model.train()
            total, rows = 0.0, 0
            for batch in data.train_batches():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                opt.step()
                total, rows = total + loss.item() * len(batch[0]), rows + len(batch[0])
            self.board.add("training loss", total / rows)
            model.eval()
            total, rows = 0.0, 0
            with torch.no_grad():
                for batch in data.valid_batches():
                    total, rows = total + model.validation_step(batch).item() * len(batch[0]), rows + len(batch[0])
            self.board.add("validation loss", total / rows)
            if total / rows < best:
                best, best_epoch = total / rows, epoch
                kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
            elif epoch - best_epoch >= self.patience:
                break
        for name, tensor in model.state_dict().items():
            tensor.copy_(kept[name])
        return best_epoch


# %% wrong="Trainer: returns the number of epochs run; breaks: the best one's"
class DataModule:
    """Hands out batches of its rows."""

    def __init__(self, x, y, valid_x, valid_y, size: int):
        self.train, self.valid, self.size = (x, y), (valid_x, valid_y), size

    def train_batches(self):
        x, y = self.train
        for rows in torch.randperm(len(x)).split(self.size):
            yield x[rows], y[rows]

    def valid_batches(self):
        x, y = self.valid
        return zip(x.split(self.size), y.split(self.size), strict=True)


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        """Trains the model in place and leaves it as it was at its best epoch, whose number it returns."""
        best, best_epoch, kept = math.inf, 0, {}
        for epoch in range(1, self.max_epochs + 1):
            model.train()
            total, rows = 0.0, 0
            for batch in data.train_batches():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                opt.step()
                total, rows = total + loss.item() * len(batch[0]), rows + len(batch[0])
            self.board.add("training loss", total / rows)
            model.eval()
            total, rows = 0.0, 0
            with torch.no_grad():
                for batch in data.valid_batches():
                    total, rows = total + model.validation_step(batch).item() * len(batch[0]), rows + len(batch[0])
            self.board.add("validation loss", total / rows)
            if total / rows < best:
                best, best_epoch = total / rows, epoch
                kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
            elif epoch - best_epoch >= self.patience:
                break
        for name, tensor in model.state_dict().items():
            tensor.copy_(kept[name])
        return epoch


# %% wrong="Trainer: loads the state; breaks: the model has no load_state_dict"
class DataModule:
    """Hands out batches of its rows."""

    def __init__(self, x, y, valid_x, valid_y, size: int):
        self.train, self.valid, self.size = (x, y), (valid_x, valid_y), size

    def train_batches(self):
        x, y = self.train
        for rows in torch.randperm(len(x)).split(self.size):
            yield x[rows], y[rows]

    def valid_batches(self):
        x, y = self.valid
        return zip(x.split(self.size), y.split(self.size), strict=True)


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        """Trains the model in place and leaves it as it was at its best epoch, whose number it returns."""
        best, best_epoch, kept = math.inf, 0, {}
        for epoch in range(1, self.max_epochs + 1):
            model.train()
            total, rows = 0.0, 0
            for batch in data.train_batches():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                opt.step()
                total, rows = total + loss.item() * len(batch[0]), rows + len(batch[0])
            self.board.add("training loss", total / rows)
            model.eval()
            total, rows = 0.0, 0
            with torch.no_grad():
                for batch in data.valid_batches():
                    total, rows = total + model.validation_step(batch).item() * len(batch[0]), rows + len(batch[0])
            self.board.add("validation loss", total / rows)
            if total / rows < best:
                best, best_epoch = total / rows, epoch
                kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
            elif epoch - best_epoch >= self.patience:
                break
        model.load_state_dict(kept)
        return best_epoch


# %% wrong="Trainer: watches the training loss; breaks: validation"
class DataModule:
    """Hands out batches of its rows."""

    def __init__(self, x, y, valid_x, valid_y, size: int):
        self.train, self.valid, self.size = (x, y), (valid_x, valid_y), size

    def train_batches(self):
        x, y = self.train
        for rows in torch.randperm(len(x)).split(self.size):
            yield x[rows], y[rows]

    def valid_batches(self):
        x, y = self.valid
        return zip(x.split(self.size), y.split(self.size), strict=True)


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        """Trains the model in place and leaves it as it was at its best epoch, whose number it returns."""
        best, best_epoch, kept = math.inf, 0, {}
        for epoch in range(1, self.max_epochs + 1):
            model.train()
            total, rows = 0.0, 0
            for batch in data.train_batches():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                opt.step()
                total, rows = total + loss.item() * len(batch[0]), rows + len(batch[0])
            self.board.add("training loss", total / rows)
            watched = total / rows
            model.eval()
            total, rows = 0.0, 0
            with torch.no_grad():
                for batch in data.valid_batches():
                    total, rows = total + model.validation_step(batch).item() * len(batch[0]), rows + len(batch[0])
            self.board.add("validation loss", total / rows)
            if watched < best:
                best, best_epoch = watched, epoch
                kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
            elif epoch - best_epoch >= self.patience:
                break
        for name, tensor in model.state_dict().items():
            tensor.copy_(kept[name])
        return best_epoch


# %% right="Tower: ModuleList around the old list"
class Tower(nn.Module):
    """So many hidden layers of ReLUs (depth), each of this width, and a linear layer on top of them."""

    def __init__(self, features: int, width: int, depth: int, classes: int):
        super().__init__()
        sizes = [features] + depth * [width]
        self.hidden = nn.ModuleList([nn.Linear(d, units) for d, units in zip(sizes[:-1], sizes[1:])])
        self.out = nn.Linear(width, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.hidden:
            x = torch.relu(layer(x))
        return self.out(x)


# %% right="Tower: a ModuleDict"
class Tower(nn.Module):
    """So many hidden layers of ReLUs (depth), each of this width, and a linear layer on top of them."""

    def __init__(self, features: int, width: int, depth: int, classes: int):
        super().__init__()
        sizes = [features] + depth * [width]
        self.hidden = nn.ModuleDict({f"layer{i}": nn.Linear(sizes[i], sizes[i + 1]) for i in range(depth)})
        self.out = nn.Linear(width, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.hidden.values():
            x = torch.relu(layer(x))
        return self.out(x)


# %% right="Tower: all in one stack"
class Tower(nn.Module):
    """So many hidden layers of ReLUs (depth), each of this width, and a linear layer on top of them."""

    def __init__(self, features: int, width: int, depth: int, classes: int):
        super().__init__()
        sizes = [features] + depth * [width]
        layers = []
        for d, units in zip(sizes[:-1], sizes[1:]):
            layers += [nn.Linear(d, units), nn.ReLU()]
        self.stack = nn.Sequential(*layers, nn.Linear(width, classes))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.stack(x)


# %% wrong="Tower: depth one too few; breaks: so many hidden layers"
class Tower(nn.Module):
    """So many hidden layers of ReLUs (depth), each of this width, and a linear layer on top of them."""

    def __init__(self, features: int, width: int, depth: int, classes: int):
        super().__init__()
        sizes = [features] + (depth - 1) * [width]
        self.hidden = nn.ModuleList(nn.Linear(d, units) for d, units in itertools.pairwise(sizes))
        self.out = nn.Linear(sizes[-1], classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.hidden:
            x = torch.relu(layer(x))
        return self.out(x)


# %% wrong="Tower: parameters in a list; breaks: state_dict"
class Tower(nn.Module):
    """So many hidden layers of ReLUs (depth), each of this width, and a linear layer on top of them."""

    def __init__(self, features: int, width: int, depth: int, classes: int):
        super().__init__()
        sizes = [features] + depth * [width]
        self.hidden = [nn.Linear(d, units) for d, units in itertools.pairwise(sizes)]
        self.out = nn.Linear(width, classes)
        self.all = [p for layer in self.hidden for p in layer.parameters()]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.hidden:
            x = torch.relu(layer(x))
        return self.out(x)


# %% wrong="Tower: a dictionary; breaks: registered"
class Tower(nn.Module):
    """So many hidden layers of ReLUs (depth), each of this width, and a linear layer on top of them."""

    def __init__(self, features: int, width: int, depth: int, classes: int):
        super().__init__()
        sizes = [features] + depth * [width]
        self.hidden = dict(enumerate(nn.Linear(d, units) for d, units in itertools.pairwise(sizes)))
        self.out = nn.Linear(width, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.hidden.values():
            x = torch.relu(layer(x))
        return self.out(x)


# %% wrong="Tower: registered as buffers; breaks: learns"
class Tower(nn.Module):
    """So many hidden layers of ReLUs (depth), each of this width, and a linear layer on top of them."""

    def __init__(self, features: int, width: int, depth: int, classes: int):
        super().__init__()
        sizes = [features] + depth * [width]
        self.hidden = [nn.Linear(d, units) for d, units in itertools.pairwise(sizes)]
        self.out = nn.Linear(width, classes)
        for i, layer in enumerate(self.hidden):
            self.register_buffer(f"w{i}", layer.weight.detach())
            self.register_buffer(f"b{i}", layer.bias.detach())

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.hidden:
            x = torch.relu(layer(x))
        return self.out(x)


# %% wrong="Tower: every second layer; breaks: all of them"
class Tower(nn.Module):
    """So many hidden layers of ReLUs (depth), each of this width, and a linear layer on top of them."""

    def __init__(self, features: int, width: int, depth: int, classes: int):
        super().__init__()
        sizes = [features] + depth * [width]
        self.hidden = nn.ModuleList(nn.Linear(d, units) for d, units in itertools.pairwise(sizes))
        self.out = nn.Linear(width, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.hidden[:1] if len(self.hidden) < 3 else [self.hidden[0], *self.hidden[2:]]:
            x = torch.relu(layer(x))
        return self.out(x)
