# Answers by a panel that read only the released notebook: what `course audit` grades and counts apart. No student sees them.

# %% right="log_softmax: slices along dim, with a running maximum and a Python sum"
def log_softmax(scores, dim=-1, temperature=1.0):
    slices = scores.unbind(dim)
    top = slices[0]
    for one in slices[1:]:
        top = torch.maximum(top, one)
    shifted = [(one - top) / temperature for one in slices]
    total = sum(one.exp() for one in shifted)
    return torch.stack([one - total.log() for one in shifted], dim)


def softmax(scores, dim=-1, temperature=1.0):
    return log_softmax(scores, dim, temperature).exp()


# %% right="log_softmax: in double precision inside, the type given back at the end"
def log_softmax(scores, dim=-1, temperature=1.0):
    z = scores.double()
    z = (z - z.amax(dim=dim, keepdim=True).detach()) / temperature
    return (z - z.exp().sum(dim=dim, keepdim=True).log()).to(scores.dtype)


def softmax(scores, dim=-1, temperature=1.0):
    return log_softmax(scores=scores, dim=dim, temperature=temperature).exp()


# %% right="log_softmax: the axis moved to the end, and one helper for both functions"
def _powers_on_last_axis(scores, dim, temperature):
    z = scores.movedim(dim, -1)
    z = (z - z.max(dim=-1, keepdim=True).values) / temperature
    return z, torch.exp(z)


def log_softmax(scores, dim=-1, temperature=1.0):
    z, powers = _powers_on_last_axis(scores, dim, temperature)
    return (z - torch.log(powers.sum(-1, keepdim=True))).movedim(-1, dim)


def softmax(scores, dim=-1, temperature=1.0):
    _, powers = _powers_on_last_axis(scores, dim, temperature)
    return (powers / powers.sum(-1, keepdim=True)).movedim(-1, dim)


# %% wrong="log_softmax: one maximum of the whole tensor; breaks: finite scores of any size must give finite logarithms, seen with rows near 1000 and near 0"
def log_softmax(scores, dim=-1, temperature=1.0):
    z = scores / temperature
    z = z - z.max()
    return z - z.exp().sum(dim=dim, keepdim=True).log()


def softmax(scores, dim=-1, temperature=1.0):
    return log_softmax(scores, dim, temperature).exp()


# %% wrong="log_softmax: the logarithm of the rounded chances; breaks: finite logarithms for scores of any size, seen with scores 0 and -200"
def softmax(scores, dim=-1, temperature=1.0):
    z = scores / temperature
    powers = (z - z.amax(dim=dim, keepdim=True)).exp()
    return powers / powers.sum(dim=dim, keepdim=True)


def log_softmax(scores, dim=-1, temperature=1.0):
    return softmax(scores, dim, temperature).log()


# %% wrong="log_softmax: softmax forgets to pass the temperature on; breaks: all scores are first divided by the temperature, seen with temperature 2"
def log_softmax(scores, dim=-1, temperature=1.0):
    z = scores / temperature
    z = z - z.amax(dim=dim, keepdim=True)
    return z - z.exp().sum(dim=dim, keepdim=True).log()


def softmax(scores, dim=-1, temperature=1.0):
    return log_softmax(scores, dim).exp()


# %% wrong="log_softmax: the shift is always the largest of the last axis; breaks: along any axis dim, seen with a table and dim 0"
def log_softmax(scores, dim=-1, temperature=1.0):
    z = scores / temperature
    z = z - z.max(dim=-1, keepdim=True).values
    return z - z.exp().sum(dim=dim, keepdim=True).log()


def softmax(scores, dim=-1, temperature=1.0):
    return log_softmax(scores, dim, temperature).exp()


# %% wrong="log_softmax: scores are clamped to what float32 can bear; breaks: finite scores of any size must give the right logarithms, seen with scores 1000 and 998"
def log_softmax(scores, dim=-1, temperature=1.0):
    z = (scores / temperature).clamp(-80, 80)
    return z - z.exp().sum(dim=dim, keepdim=True).log()


def softmax(scores, dim=-1, temperature=1.0):
    return log_softmax(scores, dim, temperature).exp()


# %% right="losses: smoothing by a table of targets, the binary cost by two softpluses"
def nll(log_chances: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    rows = torch.arange(len(labels))
    return -log_chances[rows, labels].mean()


def cross_entropy(scores, labels, smoothing=0.0):
    n, k = scores.shape
    target = torch.full((n, k), smoothing / k, dtype=scores.dtype)
    for row, label in enumerate(labels.tolist()):
        target[row, label] += 1 - smoothing
    return -(target * torch.log_softmax(scores, dim=1)).sum() / n


def bce_with_logits(z, y):
    return (y * F.softplus(-z) + (1 - y) * F.softplus(z)).mean()


# %% right="losses: smoothing as a mixture of two means, the binary cost by the formula of the hint"
def nll(log_chances: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    rows = torch.arange(len(labels))
    return -log_chances[(rows, labels)].mean()


def cross_entropy(scores, labels, smoothing=0.0):
    logs = torch.log_softmax(scores, -1)
    return (1 - smoothing) * nll(logs, labels) - smoothing * logs.mean()


def bce_with_logits(z, y):
    costs = torch.clamp(z, min=0) - z * y + torch.log1p(torch.exp(-z.abs()))
    return costs.sum() / z.numel()


# %% right="losses: one row after the other, and logaddexp with zero in place of softplus"
def nll(log_chances: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    rows = torch.arange(len(labels))
    return -log_chances[rows, labels].mean()


def _cost_of_row(row, label, smoothing):
    logs = row - row.max()
    logs = logs - logs.exp().sum().log()
    return -(1 - smoothing) * logs[label] - smoothing * logs.sum() / len(row)


def cross_entropy(scores, labels, smoothing=0.0):
    return torch.stack([_cost_of_row(row, int(label), smoothing) for row, label in zip(scores, labels)]).mean()


def bce_with_logits(z, y):
    zero = torch.zeros_like(z)
    yes, no = torch.logaddexp(zero, -z), torch.logaddexp(zero, z)
    return torch.mean(y * yes + (1 - y) * no)


# %% wrong="losses: the share goes to the other classes only, by k - 1; breaks: spreads it evenly over all classes, seen with smoothing 0.1"
def nll(log_chances: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    rows = torch.arange(len(labels))
    return -log_chances[rows, labels].mean()


def cross_entropy(scores, labels, smoothing=0.0):
    k = scores.shape[1]
    truth = F.one_hot(labels, k).to(scores.dtype)
    target = truth * (1 - smoothing) + (1 - truth) * smoothing / (k - 1)
    return -(target * torch.log_softmax(scores, dim=1)).sum(dim=1).mean()


def bce_with_logits(z, y):
    return (y * F.softplus(-z) + (1 - y) * F.softplus(z)).mean()


# %% wrong="losses: the logarithm of a rounded sigmoid; breaks: scores may be in the thousands, seen with z = 200 and y = 0"
def nll(log_chances: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    rows = torch.arange(len(labels))
    return -log_chances[rows, labels].mean()


def cross_entropy(scores, labels, smoothing=0.0):
    logs = torch.log_softmax(scores, dim=1)
    return (1 - smoothing) * nll(logs, labels) - smoothing * logs.mean()


def bce_with_logits(z, y):
    chance = torch.sigmoid(z)
    return -(y * chance.log() + (1 - y) * (1 - chance).log()).mean()


# %% wrong="losses: the right class does not get its part of the share back; breaks: the target of the right class is 1 - e + e/k, seen with smoothing 0.3"
def nll(log_chances: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    rows = torch.arange(len(labels))
    return -log_chances[rows, labels].mean()


def cross_entropy(scores, labels, smoothing=0.0):
    logs = torch.log_softmax(scores, dim=1)
    target = torch.full_like(logs, smoothing / scores.shape[1])
    target[torch.arange(len(labels)), labels] = 1 - smoothing
    return -(target * logs).sum(dim=1).mean()


def bce_with_logits(z, y):
    return (y * F.softplus(-z) + (1 - y) * F.softplus(z)).mean()


# %% wrong="losses: the binary sum is divided by the number of rows; breaks: the mean of all entries in the third, seen with z of shape (2, 3)"
def nll(log_chances: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    rows = torch.arange(len(labels))
    return -log_chances[rows, labels].mean()


def cross_entropy(scores, labels, smoothing=0.0):
    logs = torch.log_softmax(scores, dim=1)
    return (1 - smoothing) * nll(logs, labels) - smoothing * logs.mean()


def bce_with_logits(z, y):
    return (y * F.softplus(-z) + (1 - y) * F.softplus(z)).sum() / len(z)


# %% wrong="losses: labels are taken for yes or no; breaks: labels y from 0 to 1, seen with y = 0.3"
def nll(log_chances: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    rows = torch.arange(len(labels))
    return -log_chances[rows, labels].mean()


def cross_entropy(scores, labels, smoothing=0.0):
    logs = torch.log_softmax(scores, dim=1)
    return (1 - smoothing) * nll(logs, labels) - smoothing * logs.mean()


def bce_with_logits(z, y):
    return torch.where(y > 0.5, F.softplus(-z), F.softplus(z)).mean()


# %% right="softmax_regression: the two formulas, with the truth subtracted in place on an own table"
def predict(model, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    with torch.no_grad():
        scores = model(x)
        chances = nn.Softmax(dim=1)(scores)
    return chances, chances.argmax(dim=1)


def accuracy(classes: torch.Tensor, labels: torch.Tensor) -> float:
    return (classes == labels).float().mean().item()


def fit_softmax(x, labels, classes, lr, steps):
    n, features = x.shape
    w, b = x.new_zeros(features, classes), x.new_zeros(classes)
    for _ in range(steps):
        d = torch.softmax(x @ w + b, dim=1)
        d[torch.arange(n), labels] -= 1
        d /= n
        w -= lr * (x.T @ d)
        b -= lr * d.sum(dim=0)
    return w, b


# %% right="softmax_regression: autograd and torch's own SGD"
def predict(model, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    with torch.no_grad():
        scores = model(x)
        chances = nn.Softmax(-1)(scores)
    return chances, chances.argmax(-1)


def accuracy(classes: torch.Tensor, labels: torch.Tensor) -> float:
    return (labels.eq(classes)).double().mean().item()


def fit_softmax(x, labels, classes, lr, steps):
    w = torch.zeros(x.shape[1], classes, dtype=x.dtype, requires_grad=True)
    b = torch.zeros(classes, dtype=x.dtype, requires_grad=True)
    opt = torch.optim.SGD([w, b], lr=lr)
    for _ in range(steps):
        opt.zero_grad()
        F.cross_entropy(x @ w + b, labels).backward()
        opt.step()
    return w.detach(), b.detach()


# %% right="softmax_regression: numpy in double precision inside"
def predict(model, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    with torch.no_grad():
        scores = model(x)
        chances = nn.Softmax(dim=-1)(scores)
    return chances, chances.argmax(1)


def accuracy(classes: torch.Tensor, labels: torch.Tensor) -> float:
    return (~(classes != labels)).float().mean().item()


def fit_softmax(x, labels, classes, lr, steps):
    rows = x.detach().numpy().astype(np.float64)
    truth = np.eye(classes)[labels.numpy()]
    w, b = np.zeros((rows.shape[1], classes)), np.zeros(classes)
    for _ in range(steps):
        z = rows @ w + b
        powers = np.exp(z - z.max(axis=1, keepdims=True))
        d = (powers / powers.sum(axis=1, keepdims=True) - truth) / len(rows)
        w, b = w - lr * rows.T @ d, b - lr * d.sum(axis=0)
    return torch.from_numpy(w).to(x.dtype), torch.from_numpy(b).to(x.dtype)


# %% wrong="softmax_regression: softmax over the pictures; breaks: the chances of each row, seen with more than one row"
def predict(model, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    with torch.no_grad():
        scores = model(x)
        chances = nn.Softmax(dim=0)(scores)
    return chances, chances.argmax(dim=1)


def accuracy(classes: torch.Tensor, labels: torch.Tensor) -> float:
    return (classes == labels).float().mean().item()


def fit_softmax(x, labels, classes, lr, steps):
    w, b = torch.zeros(x.shape[1], classes), torch.zeros(classes)
    for _ in range(steps):
        d = (torch.softmax(x @ w + b, dim=1) - F.one_hot(labels, classes)) / len(x)
        w, b = w - lr * x.T @ d, b - lr * d.sum(0)
    return w, b


# %% wrong="softmax_regression: the slopes are summed and not divided by n; breaks: descent on the mean cross-entropy, seen with two rows"
def predict(model, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    with torch.no_grad():
        scores = model(x)
        chances = nn.Softmax(dim=1)(scores)
    return chances, chances.argmax(dim=1)


def accuracy(classes: torch.Tensor, labels: torch.Tensor) -> float:
    return (classes == labels).float().mean().item()


def fit_softmax(x, labels, classes, lr, steps):
    w, b = torch.zeros(x.shape[1], classes), torch.zeros(classes)
    for _ in range(steps):
        d = torch.softmax(x @ w + b, dim=1) - F.one_hot(labels, classes)
        w, b = w - lr * x.T @ d, b - lr * d.sum(0)
    return w, b


# %% wrong="softmax_regression: a step for each row alone; breaks: descent on the mean over all rows, seen with two rows and one step"
def predict(model, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    with torch.no_grad():
        scores = model(x)
        chances = nn.Softmax(dim=1)(scores)
    return chances, chances.argmax(dim=1)


def accuracy(classes: torch.Tensor, labels: torch.Tensor) -> float:
    return (classes == labels).float().mean().item()


def fit_softmax(x, labels, classes, lr, steps):
    w, b = torch.zeros(x.shape[1], classes), torch.zeros(classes)
    for _ in range(steps):
        for row, label in zip(x, labels):
            d = torch.softmax(row @ w + b, dim=0)
            d[label] -= 1
            w = w - lr * torch.outer(row, d)
            b = b - lr * d
    return w, b


# %% wrong="softmax_regression: the slopes are never set back to zero; breaks: so many steps of gradient descent, seen with two steps"
def predict(model, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    with torch.no_grad():
        scores = model(x)
        chances = nn.Softmax(dim=1)(scores)
    return chances, chances.argmax(dim=1)


def accuracy(classes: torch.Tensor, labels: torch.Tensor) -> float:
    return (classes == labels).float().mean().item()


def fit_softmax(x, labels, classes, lr, steps):
    w = torch.zeros(x.shape[1], classes, requires_grad=True)
    b = torch.zeros(classes, requires_grad=True)
    for _ in range(steps):
        F.cross_entropy(x @ w + b, labels).backward()
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
    return w.detach(), b.detach()


# %% wrong="softmax_regression: predict gives logarithms of chances; breaks: the chances (n, classes), seen with any scores"
def predict(model, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    with torch.no_grad():
        scores = model(x)
        chances = nn.LogSoftmax(dim=1)(scores)
    return chances, chances.argmax(dim=1)


def accuracy(classes: torch.Tensor, labels: torch.Tensor) -> float:
    return (classes == labels).float().mean().item()


def fit_softmax(x, labels, classes, lr, steps):
    w, b = torch.zeros(x.shape[1], classes), torch.zeros(classes)
    for _ in range(steps):
        d = (torch.softmax(x @ w + b, dim=1) - F.one_hot(labels, classes)) / len(x)
        w, b = w - lr * x.T @ d, b - lr * d.sum(0)
    return w, b


# %% right="hints: the alias inside a Union"
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


# %% right="hints: all in quotes, with a bar, and the dictionary first"
Losses = list[float]


def how_many(thing: "Any") -> "int":
    """How many entries anything has: a tensor, a list, a number (which has one)."""
    return thing.numel() if isinstance(thing, torch.Tensor) else len(thing) if hasattr(thing, "__len__") else 1


def joined(*losses: "float") -> "list[float]":
    """The losses, each given as an argument of its own, as a list of floats."""
    return list(losses)


def last_loss(log: "dict[int, float] | Losses") -> "float":
    """The last loss (a float) of a log that is either a list of losses or a dictionary from epochs to losses."""
    return (list(log.values()) if isinstance(log, dict) else log)[-1]


# %% right="hints: the old spelling of the typing module"
import typing

Losses = typing.List[float]


def how_many(thing: typing.Any) -> int:
    """How many entries anything has: a tensor, a list, a number (which has one)."""
    return thing.numel() if isinstance(thing, torch.Tensor) else len(thing) if hasattr(thing, "__len__") else 1


def joined(*losses: float) -> Losses:
    """The losses, each given as an argument of its own, as a list of floats."""
    return list(losses)


def last_loss(log: typing.Union[typing.Dict[int, float], typing.List[float]]) -> float:
    """The last loss (a float) of a log that is either a list of losses or a dictionary from epochs to losses."""
    return (list(log.values()) if isinstance(log, dict) else log)[-1]


# %% wrong="hints: the star hint names the whole list; breaks: any number of arguments, each of which is a float"
Losses = list[float]


def how_many(thing: Any) -> int:
    """How many entries anything has: a tensor, a list, a number (which has one)."""
    return thing.numel() if isinstance(thing, torch.Tensor) else len(thing) if hasattr(thing, "__len__") else 1


def joined(*losses: Losses) -> Losses:
    """The losses, each given as an argument of its own, as a list of floats."""
    return list(losses)


def last_loss(log: Union[Losses, dict[int, float]]) -> float:
    """The last loss (a float) of a log that is either a list of losses or a dictionary from epochs to losses."""
    return (list(log.values()) if isinstance(log, dict) else log)[-1]


# %% wrong="hints: epochs are names; breaks: epochs are whole numbers"
Losses = list[float]


def how_many(thing: Any) -> int:
    """How many entries anything has: a tensor, a list, a number (which has one)."""
    return thing.numel() if isinstance(thing, torch.Tensor) else len(thing) if hasattr(thing, "__len__") else 1


def joined(*losses: float) -> Losses:
    """The losses, each given as an argument of its own, as a list of floats."""
    return list(losses)


def last_loss(log: Union[Losses, dict[str, float]]) -> float:
    """The last loss (a float) of a log that is either a list of losses or a dictionary from epochs to losses."""
    return (list(log.values()) if isinstance(log, dict) else log)[-1]


# %% wrong="hints: joined is said to return a tuple; breaks: as a list of floats"
Losses = list[float]


def how_many(thing: Any) -> int:
    """How many entries anything has: a tensor, a list, a number (which has one)."""
    return thing.numel() if isinstance(thing, torch.Tensor) else len(thing) if hasattr(thing, "__len__") else 1


def joined(*losses: float) -> tuple[float, ...]:
    """The losses, each given as an argument of its own, as a list of floats."""
    return list(losses)


def last_loss(log: Losses | dict[int, float]) -> float:
    """The last loss (a float) of a log that is either a list of losses or a dictionary from epochs to losses."""
    return (list(log.values()) if isinstance(log, dict) else log)[-1]


# %% wrong="hints: the log may be a list only; breaks: either a list of losses or a dictionary from epochs to losses"
Losses = list[float]


def how_many(thing: Any) -> int:
    """How many entries anything has: a tensor, a list, a number (which has one)."""
    return thing.numel() if isinstance(thing, torch.Tensor) else len(thing) if hasattr(thing, "__len__") else 1


def joined(*losses: float) -> Losses:
    """The losses, each given as an argument of its own, as a list of floats."""
    return list(losses)


def last_loss(log: Losses) -> float:
    """The last loss (a float) of a log that is either a list of losses or a dictionary from epochs to losses."""
    return (list(log.values()) if isinstance(log, dict) else log)[-1]


# %% wrong="hints: the alias is a bare list; breaks: a list of floats, in joined and in last_loss"
Losses = list


def how_many(thing: Any) -> int:
    """How many entries anything has: a tensor, a list, a number (which has one)."""
    return thing.numel() if isinstance(thing, torch.Tensor) else len(thing) if hasattr(thing, "__len__") else 1


def joined(*losses: float) -> Losses:
    """The losses, each given as an argument of its own, as a list of floats."""
    return list(losses)


def last_loss(log: Union[Losses, dict[int, float]]) -> float:
    """The last loss (a float) of a log that is either a list of losses or a dictionary from epochs to losses."""
    return (list(log.values()) if isinstance(log, dict) else log)[-1]


# %% right="bends: tanh's slope as a product, sigmoid's by its mirror image"
class ReLU:
    def __call__(self, x: np.ndarray) -> np.ndarray:
        return x * (np.sign(x) > 0)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return (np.greater(x, 0)).astype(x.dtype)


class Sigmoid:
    def __call__(self, x: np.ndarray) -> np.ndarray:
        return 1 / (np.exp(-x) + 1)

    def slope(self, x: np.ndarray) -> np.ndarray:
        y = self(x)
        return y * (self(-x))


class Tanh:
    def __call__(self, x: np.ndarray) -> np.ndarray:
        return np.tanh(x)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return (1 - self(x)) * (1 + self(x))


class ReLULayer(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.maximum(x, torch.zeros_like(x))


# %% right="bends: clamp for tensors, one over cosh squared for tanh's slope"
class ReLU:
    def __call__(self, x: np.ndarray) -> np.ndarray:
        return x * (~(x <= 0))

    def slope(self, x: np.ndarray) -> np.ndarray:
        return (0 < x).astype(x.dtype)


class Sigmoid:
    def __call__(self, x: np.ndarray) -> np.ndarray:
        return 1 / (1 + 1 / np.exp(x))

    def slope(self, x: np.ndarray) -> np.ndarray:
        y = Sigmoid()(x)
        return y * (1 - y)


class Tanh:
    def __call__(self, x: np.ndarray) -> np.ndarray:
        return np.tanh(x)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return 1 / np.cosh(x) ** 2


class ReLULayer(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.clamp(x, min=0)


# %% right="bends: the plain filling, with where for tensors"
class ReLU:
    def __call__(self, x: np.ndarray) -> np.ndarray:
        return x * (x > 0)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return (self(x) > 0).astype(x.dtype)


class Sigmoid:
    def __call__(self, x: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-x))

    def slope(self, x: np.ndarray) -> np.ndarray:
        y = self.__call__(x)
        return y * (1 - y)


class Tanh:
    def __call__(self, x: np.ndarray) -> np.ndarray:
        return np.tanh(x)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return 1 - np.square(np.tanh(x))


class ReLULayer(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.where(x > 0, x, torch.zeros_like(x))


# %% wrong="bends: sigmoid's slope takes x for the output; breaks: slope sigma(x) (1 - sigma(x)), seen at x = 2"
class ReLU:
    def __call__(self, x: np.ndarray) -> np.ndarray:
        return x * (x > 0)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return (x > 0).astype(x.dtype)


class Sigmoid:
    def __call__(self, x: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-x))

    def slope(self, x: np.ndarray) -> np.ndarray:
        y = x
        return y * (1 - y)


class Tanh:
    def __call__(self, x: np.ndarray) -> np.ndarray:
        return np.tanh(x)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return 1 - np.tanh(x) ** 2


class ReLULayer(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(x)


# %% wrong="bends: tanh's slope squares x and not the tangent; breaks: slope 1 - tanh squared, seen at x = 2"
class ReLU:
    def __call__(self, x: np.ndarray) -> np.ndarray:
        return x * (x > 0)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return (x > 0).astype(x.dtype)


class Sigmoid:
    def __call__(self, x: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-x))

    def slope(self, x: np.ndarray) -> np.ndarray:
        y = self(x)
        return y * (1 - y)


class Tanh:
    def __call__(self, x: np.ndarray) -> np.ndarray:
        return np.tanh(x)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return 1 - np.tanh(x**2)


class ReLULayer(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(x)


# %% wrong="bends: the sign in sigmoid's exponent is lost; breaks: 1 / (1 + e to the -x), seen at x = 1"
class ReLU:
    def __call__(self, x: np.ndarray) -> np.ndarray:
        return x * (x > 0)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return (x > 0).astype(x.dtype)


class Sigmoid:
    def __call__(self, x: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(x))

    def slope(self, x: np.ndarray) -> np.ndarray:
        y = self(x)
        return y * (1 - y)


class Tanh:
    def __call__(self, x: np.ndarray) -> np.ndarray:
        return np.tanh(x)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return 1 - np.tanh(x) ** 2


class ReLULayer(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(x)


# %% wrong="bends: tanh's slope is 1 - x squared, as if x were the output; breaks: slope 1 - tanh squared of x, seen at x = 1"
class ReLU:
    def __call__(self, x: np.ndarray) -> np.ndarray:
        return x * (x > 0)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return (x > 0).astype(x.dtype)


class Sigmoid:
    def __call__(self, x: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-x))

    def slope(self, x: np.ndarray) -> np.ndarray:
        y = self(x)
        return y * (1 - y)


class Tanh:
    def __call__(self, x: np.ndarray) -> np.ndarray:
        return np.tanh(x)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return 1 - x**2


class ReLULayer(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(x)


# %% wrong="bends: the layer writes into its input; breaks: it leaves its inputs unchanged, seen with a negative entry"
class ReLU:
    def __call__(self, x: np.ndarray) -> np.ndarray:
        return x * (x > 0)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return (x > 0).astype(x.dtype)


class Sigmoid:
    def __call__(self, x: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-x))

    def slope(self, x: np.ndarray) -> np.ndarray:
        y = self(x)
        return y * (1 - y)


class Tanh:
    def __call__(self, x: np.ndarray) -> np.ndarray:
        return np.tanh(x)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return 1 - np.tanh(x) ** 2


class ReLULayer(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu_(x)


# %% right="smooth: where, and the weight reshaped to the number of axes"
def leaky_relu(x, alpha):
    return torch.where(x > 0, x, alpha * x)


class PReLU(nn.Module):
    def __init__(self, channels: int, start: float = 0.25):
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels,), float(start)))

    def forward(self, x):
        shape = [1, -1] + (x.ndim - 2) * [1]
        return torch.where(x > 0, x, self.weight.reshape(shape) * x)


def gelu(x):
    below = (1 + torch.erf(x / math.sqrt(2))) / 2
    density = torch.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    return x * below, below + x * density


def swish(x, beta=1.0):
    s = torch.sigmoid(beta * x)
    return x * s, s + beta * x * s * (1 - s)


# %% right="smooth: a table of factors, channels moved to the end, erfc, and swish's slope from its value"
def leaky_relu(x, alpha):
    factors = torch.ones_like(x).masked_fill(x <= 0, alpha)
    return factors * x


class PReLU(nn.Module):
    def __init__(self, channels: int, start: float = 0.25):
        super().__init__()
        self.weight = nn.Parameter(start * torch.ones(channels))

    def forward(self, x):
        last = x.movedim(1, -1)
        return torch.where(last > 0, last, last * self.weight).movedim(-1, 1)


def gelu(x):
    below = 0.5 * torch.erfc(-x / 2**0.5)
    return below * x, below + x * torch.exp(-0.5 * x * x) * (2 * math.pi) ** -0.5


def swish(x, beta=1.0):
    s = (beta * x).sigmoid()
    value = x * s
    return value, beta * value + s * (1 - beta * value)


# %% right="smooth: in place on an own copy, one channel after the other, a normal distribution from the shelf"
def leaky_relu(x, alpha):
    result = x.clone()
    below = x < 0
    result[below] = alpha * x[below]
    return result


class PReLU(nn.Module):
    def __init__(self, channels: int, start: float = 0.25):
        super().__init__()
        self.weight = nn.Parameter(torch.tensor([float(start)] * channels))

    def forward(self, x):
        parts = [torch.where(part > 0, part, alpha * part) for part, alpha in zip(x.unbind(1), self.weight)]
        return torch.stack(parts, dim=1)


def gelu(x):
    normal = torch.distributions.Normal(0.0, 1.0)
    below = normal.cdf(x)
    return x * below, below + x * normal.log_prob(x).exp()


def swish(x, beta=1.0):
    yes, no = torch.sigmoid(beta * x), torch.sigmoid(-beta * x)
    return x * yes, yes * (1 + beta * x * no)


# %% wrong="smooth: leaky as the larger of x and alpha x; breaks: alpha is any number, seen with alpha = 2"
def leaky_relu(x, alpha):
    return torch.maximum(x, alpha * x)


class PReLU(nn.Module):
    def __init__(self, channels: int, start: float = 0.25):
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels,), float(start)))

    def forward(self, x):
        shape = [1, -1] + (x.ndim - 2) * [1]
        return torch.where(x > 0, x, self.weight.reshape(shape) * x)


def gelu(x):
    below = (1 + torch.erf(x / math.sqrt(2))) / 2
    density = torch.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    return x * below, below + x * density


def swish(x, beta=1.0):
    s = torch.sigmoid(beta * x)
    return x * s, s + beta * x * s * (1 - s)


# %% wrong="smooth: PReLU's weight meets the last axis; breaks: channels are axis 1, seen with (batch, channels, height, width)"
def leaky_relu(x, alpha):
    return torch.where(x > 0, x, alpha * x)


class PReLU(nn.Module):
    def __init__(self, channels: int, start: float = 0.25):
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels,), float(start)))

    def forward(self, x):
        return torch.where(x > 0, x, self.weight * x)


def gelu(x):
    below = (1 + torch.erf(x / math.sqrt(2))) / 2
    density = torch.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    return x * below, below + x * density


def swish(x, beta=1.0):
    s = torch.sigmoid(beta * x)
    return x * s, s + beta * x * s * (1 - s)


# %% wrong="smooth: the normal density lacks its factor; breaks: the density is divided by the root of 2 pi, seen in gelu's slope at 1"
def leaky_relu(x, alpha):
    return torch.where(x > 0, x, alpha * x)


class PReLU(nn.Module):
    def __init__(self, channels: int, start: float = 0.25):
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels,), float(start)))

    def forward(self, x):
        shape = [1, -1] + (x.ndim - 2) * [1]
        return torch.where(x > 0, x, self.weight.reshape(shape) * x)


def gelu(x):
    below = (1 + torch.erf(x / math.sqrt(2))) / 2
    return x * below, below + x * torch.exp(-(x**2) / 2)


def swish(x, beta=1.0):
    s = torch.sigmoid(beta * x)
    return x * s, s + beta * x * s * (1 - s)


# %% wrong="smooth: swish's slope lacks the inner factor beta; breaks: its slopes at x, seen with beta = 2"
def leaky_relu(x, alpha):
    return torch.where(x > 0, x, alpha * x)


class PReLU(nn.Module):
    def __init__(self, channels: int, start: float = 0.25):
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels,), float(start)))

    def forward(self, x):
        shape = [1, -1] + (x.ndim - 2) * [1]
        return torch.where(x > 0, x, self.weight.reshape(shape) * x)


def gelu(x):
    below = (1 + torch.erf(x / math.sqrt(2))) / 2
    density = torch.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    return x * below, below + x * density


def swish(x, beta=1.0):
    s = torch.sigmoid(beta * x)
    return x * s, s + x * s * (1 - s)


# %% wrong="smooth: PReLU ignores its start; breaks: one number a channel, all at start to begin with, seen with start = 0.75"
def leaky_relu(x, alpha):
    return torch.where(x > 0, x, alpha * x)


class PReLU(nn.Module):
    def __init__(self, channels: int, start: float = 0.25):
        super().__init__()
        self.weight = nn.Parameter(0.25 * torch.ones(channels))

    def forward(self, x):
        shape = [1, -1] + (x.ndim - 2) * [1]
        return torch.where(x > 0, x, self.weight.reshape(shape) * x)


def gelu(x):
    below = (1 + torch.erf(x / math.sqrt(2))) / 2
    density = torch.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    return x * below, below + x * density


def swish(x, beta=1.0):
    s = torch.sigmoid(beta * x)
    return x * s, s + beta * x * s * (1 - s)


# %% right="broken_line: a loop over plain numbers, tensors at the end"
def broken_line(knots, values):
    ks, vs = knots.tolist(), values.tolist()
    b1, w2, slope = [], [], 0.0
    for left, right, low, high in zip(ks, ks[1:], vs, vs[1:]):
        here = (high - low) / (right - left)
        b1.append(-left)
        w2.append(here - slope)
        slope = here
    ones = [1.0] * len(b1)
    return tuple(torch.tensor(part, dtype=knots.dtype) for part in (ones, b1, w2, vs[0]))


# %% right="broken_line: from the right end to the left, with units that look the other way"
def broken_line(knots, values):
    slopes = values.diff() / knots.diff()
    w2 = torch.cat([slopes.diff(), -slopes[-1:]])
    return -torch.ones_like(w2), knots[1:].clone(), w2, values[-1].clone()


# %% right="broken_line: a triangular system in double precision, solved for the outer weights"
def broken_line(knots, values):
    k, v = knots.double(), values.double()
    units = (k[1:, None] - k[None, :-1]).clamp(min=0)
    w2 = torch.linalg.solve(units, (v[1:] - v[0])[:, None])[:, 0]
    parts = torch.ones_like(w2), -k[:-1], w2, v[0]
    return tuple(part.to(knots.dtype) for part in parts)


# %% wrong="broken_line: corners counted from the first knot; breaks: join the points (knot, value), seen when the first knot is not 0"
def broken_line(knots, values):
    slopes = values.diff() / knots.diff()
    w2 = torch.cat([slopes[:1], slopes.diff()])
    return torch.ones_like(w2), -(knots[:-1] - knots[0]), w2, values[0]


# %% wrong="broken_line: each change is taken against the first slope; breaks: join the points by straight lines, seen with four knots"
def broken_line(knots, values):
    slopes = values.diff() / knots.diff()
    w2 = slopes - slopes[0]
    w2[0] = slopes[0]
    return torch.ones_like(w2), -knots[:-1], w2, values[0]


# %% wrong="broken_line: weights in the default type; breaks: it returns tensors of the same type, seen with float64"
def broken_line(knots, values):
    n = len(knots) - 1
    w1, b1, w2 = torch.ones(n), torch.zeros(n), torch.zeros(n)
    before = 0.0
    for i in range(n):
        slope = (values[i + 1] - values[i]) / (knots[i + 1] - knots[i])
        b1[i] = -knots[i]
        w2[i] = slope - before
        before = slope
    return w1, b1, w2, values[0]


# %% wrong="broken_line: b2 is a slice of one number; breaks: b2, a tensor of shape ()"
def broken_line(knots, values):
    slopes = values.diff() / knots.diff()
    w2 = torch.cat([slopes[:1], slopes.diff()])
    return torch.ones_like(w2), -knots[:-1], w2, values[:1]


# %% wrong="broken_line: two units for each piece, one to start it and one to end it; breaks: at most as many hidden units as knots, seen with three knots"
def broken_line(knots, values):
    slopes = values.diff() / knots.diff()
    w2 = torch.cat([slopes, -slopes])
    b1 = -torch.cat([knots[:-1], knots[1:]])
    return torch.ones_like(w2), b1, w2, values[0]


# %% right="starts: the limit from the variance, and keyword arguments"
def xavier(fan_in: int, fan_out: int, generator) -> np.ndarray:
    limit = np.sqrt(3 * (2 / (fan_in + fan_out)))
    return generator.uniform(*(-limit, limit), (fan_in, fan_out))


def kaiming(fan_in: int, fan_out: int, generator) -> np.ndarray:
    return generator.normal(0, (2 / fan_in) ** 0.5, (fan_in, fan_out))


def start_conv(conv: nn.Conv2d) -> None:
    nn.init.xavier_uniform_(tensor=conv.weight, gain=1.0)
    nn.init.zeros_(tensor=conv.bias)


def start_all(net: nn.Module) -> None:
    def start(layer: nn.Module) -> None:
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)

    net.apply(start)


# %% right="starts: by hand throughout, with a loop over all modules"
def xavier(fan_in, fan_out, generator):
    limit = (6 / (fan_in + fan_out)) ** 0.5
    return limit * generator.uniform(-1, 1, (fan_in, fan_out))


def kaiming(fan_in, fan_out, generator):
    return np.sqrt(2 / fan_in) * generator.normal(0, 1, (fan_in, fan_out))


def start_conv(conv):
    fan_in, fan_out = conv.weight[0].numel(), conv.weight[:, 0].numel()
    limit = math.sqrt(6 / (fan_in + fan_out))
    with torch.no_grad():
        conv.weight.uniform_(-limit, limit)
        conv.bias.zero_()


def start_all(net):
    for layer in net.modules():
        if isinstance(layer, nn.Linear) or isinstance(layer, nn.Conv2d):
            with torch.no_grad():
                layer.weight.normal_(0, math.sqrt(2 / layer.weight[0].numel()))
                layer.bias.fill_(0)


# %% right="starts: a row of weights after the other, and a recursion over the children"
def xavier(fan_in, fan_out, generator):
    limit = math.sqrt(6) / math.sqrt(fan_in + fan_out)
    return np.stack([generator.uniform(-limit, limit, fan_out) for _ in range(fan_in)])


def kaiming(fan_in, fan_out, generator):
    return generator.normal(0, math.sqrt(2 / fan_in), fan_in * fan_out).reshape(fan_in, fan_out)


def start_conv(conv):
    torch.nn.init.xavier_uniform_(conv.weight)
    torch.nn.init.constant_(conv.bias, 0.0)


def start_all(net):
    if isinstance(net, (nn.Linear, nn.Conv2d)):
        nn.init.kaiming_normal_(net.weight, mode="fan_in", nonlinearity="relu")
        nn.init.zeros_(net.bias)
    for child in net.children():
        start_all(child)


# %% wrong="starts: the root of the variance is taken for the limit; breaks: r is the root of 6 over both fans, seen in the spread of many draws"
def xavier(fan_in: int, fan_out: int, generator) -> np.ndarray:
    limit = np.sqrt(2 / (fan_in + fan_out))
    return generator.uniform(-limit, limit, (fan_in, fan_out))


def kaiming(fan_in: int, fan_out: int, generator) -> np.ndarray:
    return generator.normal(0, np.sqrt(2 / fan_in), (fan_in, fan_out))


def start_conv(conv: nn.Conv2d) -> None:
    nn.init.xavier_uniform_(conv.weight)
    nn.init.zeros_(conv.bias)


def start_all(net: nn.Module) -> None:
    def start(layer: nn.Module) -> None:
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)

    net.apply(start)


# %% wrong="starts: draws from 0 up only; breaks: a uniform distribution on (-r, r), seen in the spread of many draws"
def xavier(fan_in: int, fan_out: int, generator) -> np.ndarray:
    limit = np.sqrt(6 / (fan_in + fan_out))
    return generator.uniform(0, limit, (fan_in, fan_out))


def kaiming(fan_in: int, fan_out: int, generator) -> np.ndarray:
    return generator.normal(0, np.sqrt(2 / fan_in), (fan_in, fan_out))


def start_conv(conv: nn.Conv2d) -> None:
    nn.init.xavier_uniform_(conv.weight)
    nn.init.zeros_(conv.bias)


def start_all(net: nn.Module) -> None:
    def start(layer: nn.Module) -> None:
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)

    net.apply(start)


# %% wrong="starts: the variance is handed to normal as its std; breaks: Kaiming's variance of 2 over fan_in, seen with fan_in 200"
def xavier(fan_in: int, fan_out: int, generator) -> np.ndarray:
    limit = np.sqrt(6 / (fan_in + fan_out))
    return generator.uniform(-limit, limit, (fan_in, fan_out))


def kaiming(fan_in: int, fan_out: int, generator) -> np.ndarray:
    return generator.normal(0, 2 / fan_in, (fan_in, fan_out))


def start_conv(conv: nn.Conv2d) -> None:
    nn.init.xavier_uniform_(conv.weight)
    nn.init.zeros_(conv.bias)


def start_all(net: nn.Module) -> None:
    def start(layer: nn.Module) -> None:
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)

    net.apply(start)


# %% wrong="starts: only the layers right below the net; breaks: every layer of a network, however deep it sits, seen with a Sequential in a Sequential"
def xavier(fan_in: int, fan_out: int, generator) -> np.ndarray:
    limit = np.sqrt(6 / (fan_in + fan_out))
    return generator.uniform(-limit, limit, (fan_in, fan_out))


def kaiming(fan_in: int, fan_out: int, generator) -> np.ndarray:
    return generator.normal(0, np.sqrt(2 / fan_in), (fan_in, fan_out))


def start_conv(conv: nn.Conv2d) -> None:
    nn.init.xavier_uniform_(conv.weight)
    nn.init.zeros_(conv.bias)


def start_all(net: nn.Module) -> None:
    def start(layer: nn.Module) -> None:
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)

    for layer in net.children():
        start(layer)


# %% wrong="starts: Kaiming's uniform form for the layers; breaks: Kaiming's normal start for every linear layer, seen in the largest entry"
def xavier(fan_in: int, fan_out: int, generator) -> np.ndarray:
    limit = np.sqrt(6 / (fan_in + fan_out))
    return generator.uniform(-limit, limit, (fan_in, fan_out))


def kaiming(fan_in: int, fan_out: int, generator) -> np.ndarray:
    return generator.normal(0, np.sqrt(2 / fan_in), (fan_in, fan_out))


def start_conv(conv: nn.Conv2d) -> None:
    nn.init.xavier_uniform_(conv.weight)
    nn.init.zeros_(conv.bias)


def start_all(net: nn.Module) -> None:
    def start(layer: nn.Module) -> None:
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)

    net.apply(start)


# %% right="parts: other words for the axes, register_module, an f-string"
class Linear(nn.Module):
    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        limit = in_features**-0.5
        rows = torch.empty((out_features, in_features))
        self.weight = nn.parameter.Parameter(rows.uniform_(-limit, limit))
        self.bias = nn.Parameter(torch.empty(out_features).uniform_(-limit, limit))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        columns = rearrange(self.weight, "units d -> d units")
        return x @ columns + self.bias


class Sequential(nn.Module):
    def __init__(self, *layers: nn.Module):
        super().__init__()
        for number, layer in enumerate(layers):
            self.register_module(f"{number}", layer)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self._modules.values():
            x = layer.__call__(x)
        return x


# %% right="parts: products summed without a matrix product, children in place of the dictionary"
class Linear(nn.Module):
    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        limit = 1 / math.sqrt(in_features)
        self.weight = nn.Parameter((2 * torch.rand(out_features, in_features) - 1) * limit)
        self.bias = nn.Parameter((2 * torch.rand(out_features) - 1) * limit)

    def forward(self, x):
        return (x[:, None, :] * self.weight).sum(dim=-1) + self.bias


class Sequential(nn.Module):
    def __init__(self, *layers):
        super().__init__()
        for number in range(len(layers)):
            self.add_module(name=str(number), module=layers[number])

    def forward(self, x):
        for name in self._modules:
            x = self._modules[name](x)
        return x


# %% right="parts: einsum, setattr with a number as the name"
class Linear(nn.Module):
    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        limit = float(np.sqrt(1 / in_features))
        rows = torch.empty(out_features, in_features)
        self.weight = nn.Parameter(rows.uniform_(-limit, limit))
        self.bias = nn.Parameter(torch.empty(out_features).uniform_(-limit, limit))

    def forward(self, x):
        return torch.einsum("nd,ud->nu", x, self.weight) + self.bias[None, :]


class Sequential(nn.Module):
    def __init__(self, *layers):
        super().__init__()
        number = 0
        for layer in layers:
            setattr(self, str(number), layer)
            number += 1

    def forward(self, x):
        layers = list(self._modules.values())
        while layers:
            x = layers.pop(0)(x)
        return x


# %% wrong="parts: the limit lacks its root; breaks: uniformly between plus and minus 1 over the root of d, seen with d = 400"
class Linear(nn.Module):
    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        limit = 1 / in_features
        rows = torch.empty(out_features, in_features)
        self.weight = nn.Parameter(rows.uniform_(-limit, limit))
        self.bias = nn.Parameter(torch.empty(out_features).uniform_(-limit, limit))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        columns = rearrange(self.weight, "row col -> col row")
        return x @ columns + self.bias


class Sequential(nn.Module):
    def __init__(self, *layers: nn.Module):
        super().__init__()
        for number, layer in enumerate(layers):
            self.add_module(str(number), layer)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self._modules.values():
            x = layer(x)
        return x


# %% wrong="parts: the weight is kept as (d, units) and not transposed; breaks: keeps its weight as (units, d), seen with 3 inputs and 2 units"
class Linear(nn.Module):
    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        limit = 1 / math.sqrt(in_features)
        rows = torch.empty(in_features, out_features)
        self.weight = nn.Parameter(rows.uniform_(-limit, limit))
        self.bias = nn.Parameter(torch.empty(out_features).uniform_(-limit, limit))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        columns = rearrange(self.weight, "row col -> row col")
        return x @ columns + self.bias


class Sequential(nn.Module):
    def __init__(self, *layers: nn.Module):
        super().__init__()
        for number, layer in enumerate(layers):
            self.add_module(str(number), layer)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self._modules.values():
            x = layer(x)
        return x


# %% wrong="parts: names are counted from 1; breaks: the layers get the names 0, 1 and so on, seen in state_dict"
class Linear(nn.Module):
    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        limit = 1 / math.sqrt(in_features)
        rows = torch.empty(out_features, in_features)
        self.weight = nn.Parameter(rows.uniform_(-limit, limit))
        self.bias = nn.Parameter(torch.empty(out_features).uniform_(-limit, limit))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        columns = rearrange(self.weight, "row col -> col row")
        return x @ columns + self.bias


class Sequential(nn.Module):
    def __init__(self, *layers: nn.Module):
        super().__init__()
        for number, layer in enumerate(layers):
            self.add_module(str(number + 1), layer)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self._modules.values():
            x = layer(x)
        return x


# %% wrong="parts: the limit goes by the units; breaks: 1 over the root of d, the number of inputs, seen with 400 inputs and 300 units"
class Linear(nn.Module):
    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        limit = 1 / math.sqrt(out_features)
        rows = torch.empty(out_features, in_features)
        self.weight = nn.Parameter(rows.uniform_(-limit, limit))
        self.bias = nn.Parameter(torch.empty(out_features).uniform_(-limit, limit))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        columns = rearrange(self.weight, "row col -> col row")
        return x @ columns + self.bias


class Sequential(nn.Module):
    def __init__(self, *layers: nn.Module):
        super().__init__()
        for number, layer in enumerate(layers):
            self.add_module(str(number), layer)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self._modules.values():
            x = layer(x)
        return x


# %% wrong="parts: the container bends after each layer; breaks: calls its layers one after the other, seen with a negative output"
class Linear(nn.Module):
    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        limit = 1 / math.sqrt(in_features)
        rows = torch.empty(out_features, in_features)
        self.weight = nn.Parameter(rows.uniform_(-limit, limit))
        self.bias = nn.Parameter(torch.empty(out_features).uniform_(-limit, limit))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        columns = rearrange(self.weight, "row col -> col row")
        return x @ columns + self.bias


class Sequential(nn.Module):
    def __init__(self, *layers: nn.Module):
        super().__init__()
        for number, layer in enumerate(layers):
            self.add_module(str(number), layer)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self._modules.values():
            x = torch.relu(layer(x))
        return x


# %% right="shelf: modules of torch.nn, keyword arguments"
def bent_range() -> tuple[torch.Tensor, torch.Tensor]:
    from torch.nn import GELU
    from torch.nn import ReLU as Hard

    x = torch.arange(-2, 3)
    return Hard()(x), GELU()(x.float())


class Dense(nn.Module):
    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.linear(x))


class DigitNet(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.flatten = nn.Flatten(start_dim=1)
        self.stack = nn.Sequential(
            nn.Linear(in_features=28 * 28, out_features=width),
            nn.ReLU(),
            nn.Linear(width, width),
            nn.ReLU(),
            nn.Linear(width, out_features=10),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.stack(self.flatten(x))


def named_net() -> nn.Module:
    layers = OrderedDict()
    layers["flat"] = nn.Flatten()
    layers["hidden"] = nn.Linear(28 * 28, 16)
    layers["bend"] = nn.ReLU()
    layers["out"] = nn.Linear(16, 10)
    return nn.Sequential(layers)


# %% right="shelf: functions in place of modules, the special sigmoid, einops for the pictures"
def bent_range() -> tuple[torch.Tensor, torch.Tensor]:
    from torch.nn import functional

    x = torch.arange(-2, 3, 1)
    return functional.relu(x), functional.gelu(x.float())


class Dense(nn.Module):
    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x):
        return torch.special.expit(self.linear(x))


class DigitNet(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.flatten = nn.Flatten(1, -1)
        self.stack = nn.Sequential(
            nn.Linear(784, width),
            nn.ReLU(),
            nn.Linear(width, width),
            nn.ReLU(),
            nn.Linear(width, 10),
        )

    def forward(self, x):
        rows = rearrange(x, "batch row col -> batch (row col)")
        for layer in self.stack:
            rows = layer(rows)
        return rows


def named_net() -> nn.Module:
    pairs = [("flat", nn.Flatten()), ("hidden", nn.Linear(784, 16)), ("bend", nn.ReLU()), ("out", nn.Linear(16, 10))]
    return nn.Sequential(OrderedDict(pairs))


# %% right="shelf: overwriting ReLUs where only the layers' own results are overwritten"
def bent_range() -> tuple[torch.Tensor, torch.Tensor]:
    from torch.nn import GELU

    x = torch.arange(start=-2, end=3)
    return x.clamp(min=0), GELU()(x.float())


class Dense(nn.Module):
    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x):
        z = self.linear(x)
        return z.sigmoid()


class DigitNet(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.flatten = nn.Flatten()
        self.stack = nn.Sequential(
            nn.Linear(784, width),
            nn.ReLU(inplace=True),
            nn.Linear(width, width),
            nn.ReLU(inplace=True),
            nn.Linear(width, 10),
        )

    def forward(self, x):
        return nn.Sequential.__call__(self.stack, self.flatten(x))


def named_net() -> nn.Module:
    net = nn.Sequential()
    net.add_module("flat", nn.Flatten())
    net.add_module("hidden", nn.Linear(784, 16))
    net.add_module("bend", nn.ReLU(inplace=True))
    net.add_module("out", nn.Linear(16, 10))
    return net


# %% wrong="shelf: the first bend is a GELU; breaks: two hidden layers of width ReLUs, seen in the scores"
def bent_range() -> tuple[torch.Tensor, torch.Tensor]:
    from torch.nn import functional

    x = torch.arange(-2, 3)
    return functional.relu(x), functional.gelu(x.float())


class Dense(nn.Module):
    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.linear(x))


class DigitNet(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.flatten = nn.Flatten()
        self.stack = nn.Sequential(
            nn.Linear(784, width),
            nn.GELU(),
            nn.Linear(width, width),
            nn.ReLU(),
            nn.Linear(width, 10),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.stack(self.flatten(x))


def named_net() -> nn.Module:
    layers = OrderedDict()
    layers["flat"] = nn.Flatten()
    layers["hidden"] = nn.Linear(784, 16)
    layers["bend"] = nn.ReLU()
    layers["out"] = nn.Linear(16, 10)
    return nn.Sequential(layers)


# %% wrong="shelf: the second hidden layer has ten units; breaks: two hidden layers of width ReLUs, seen in the shapes of the parameters"
def bent_range() -> tuple[torch.Tensor, torch.Tensor]:
    from torch.nn import functional

    x = torch.arange(-2, 3)
    return functional.relu(x), functional.gelu(x.float())


class Dense(nn.Module):
    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.linear(x))


class DigitNet(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.flatten = nn.Flatten()
        self.stack = nn.Sequential(
            nn.Linear(784, width),
            nn.ReLU(),
            nn.Linear(width, 10),
            nn.ReLU(),
            nn.Linear(10, 10),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.stack(self.flatten(x))


def named_net() -> nn.Module:
    layers = OrderedDict()
    layers["flat"] = nn.Flatten()
    layers["hidden"] = nn.Linear(784, 16)
    layers["bend"] = nn.ReLU()
    layers["out"] = nn.Linear(16, 10)
    return nn.Sequential(layers)


# %% wrong="shelf: Dense ends in a softmax; breaks: a linear layer with a sigmoid, seen with two units"
def bent_range() -> tuple[torch.Tensor, torch.Tensor]:
    from torch.nn import functional

    x = torch.arange(-2, 3)
    return functional.relu(x), functional.gelu(x.float())


class Dense(nn.Module):
    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.softmax(self.linear(x), dim=-1)


class DigitNet(nn.Module):
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
        return self.stack(self.flatten(x))


def named_net() -> nn.Module:
    layers = OrderedDict()
    layers["flat"] = nn.Flatten()
    layers["hidden"] = nn.Linear(784, 16)
    layers["bend"] = nn.ReLU()
    layers["out"] = nn.Linear(16, 10)
    return nn.Sequential(layers)


# %% wrong="shelf: the named net is as wide as usual; breaks: ten scores by 16 hidden ReLUs, seen in the shapes of the parameters"
def bent_range() -> tuple[torch.Tensor, torch.Tensor]:
    from torch.nn import functional

    x = torch.arange(-2, 3)
    return functional.relu(x), functional.gelu(x.float())


class Dense(nn.Module):
    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.linear(x))


class DigitNet(nn.Module):
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
        return self.stack(self.flatten(x))


def named_net() -> nn.Module:
    layers = OrderedDict()
    layers["flat"] = nn.Flatten()
    layers["hidden"] = nn.Linear(784, 128)
    layers["bend"] = nn.ReLU()
    layers["out"] = nn.Linear(128, 10)
    return nn.Sequential(layers)


# %% wrong="shelf: DigitNet returns chances; breaks: returns ten scores a picture, seen in their sum"
def bent_range() -> tuple[torch.Tensor, torch.Tensor]:
    from torch.nn import functional

    x = torch.arange(-2, 3)
    return functional.relu(x), functional.gelu(x.float())


class Dense(nn.Module):
    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.linear(x))


class DigitNet(nn.Module):
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
        return torch.softmax(self.stack(self.flatten(x)), dim=1)


def named_net() -> nn.Module:
    layers = OrderedDict()
    layers["flat"] = nn.Flatten()
    layers["hidden"] = nn.Linear(784, 16)
    layers["bend"] = nn.ReLU()
    layers["out"] = nn.Linear(16, 10)
    return nn.Sequential(layers)


# %% right="Module: generators, and every table emptied of the name before it is set"
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
        if isinstance(value, nn.Parameter):
            home = self._parameters
        elif isinstance(value, Module):
            home = self._modules
        elif isinstance(value, torch.Tensor) and name in self._buffers:
            home = self._buffers
        else:
            home = self._plain
        for table in (self._parameters, self._buffers, self._modules, self._plain):
            if table is not home:
                table.pop(name, None)
        home[name] = value

    def register_buffer(self, name, tensor):
        self._buffers[name] = tensor

    def named_parameters(self, prefix=""):
        for name, parameter in self._parameters.items():
            yield prefix + name, parameter
        for name, module in self._modules.items():
            yield from module.named_parameters(f"{prefix}{name}.")

    def parameters(self):
        for _, parameter in self.named_parameters():
            yield parameter

    def state_dict(self, prefix=""):
        state = {prefix + name: p.detach() for name, p in self._parameters.items()}
        state |= {prefix + name: buffer.detach() for name, buffer in self._buffers.items()}
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
            answer = hook(self, args, output)
            if answer is not None:
                output = answer
        return output


# %% right="Module: one walk through the tree on which all else rests"
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
        parameter = isinstance(value, nn.Parameter)
        if name in self._buffers and isinstance(value, torch.Tensor) and not parameter:
            self._buffers[name] = value
            return
        for table in (self._parameters, self._buffers, self._modules, self._plain):
            table.pop(name, None)
        table = self._parameters if parameter else self._modules if isinstance(value, Module) else self._plain
        table[name] = value

    def register_buffer(self, name, tensor):
        self._buffers.update({name: tensor})

    def _walk(self, prefix=""):
        found = [(prefix, self)]
        for name, module in self._modules.items():
            found += module._walk(prefix + name + ".")
        return found

    def named_parameters(self, prefix=""):
        return [(place + name, p) for place, module in self._walk(prefix) for name, p in module._parameters.items()]

    def parameters(self):
        return [parameter for _, parameter in self.named_parameters()]

    def state_dict(self, prefix=""):
        state = {}
        for place, module in self._walk(prefix):
            for table in (module._parameters, module._buffers):
                for name, tensor in table.items():
                    state[place + name] = tensor.detach()
        return state

    def train(self, mode=True):
        for _, module in self._walk():
            module._plain["training"] = mode
        return self

    def eval(self):
        return self.train(mode=False)

    def add_hook(self, hook):
        self._hooks.append(hook)

    def __call__(self, *args):
        output = self.forward(*args)
        for hook in self._hooks:
            answer = hook(self, args, output)
            output = output if answer is None else answer
        return output


# %% right="Module: __delattr__ of its own for the old value, chains of iterators, hooks folded by a recursion"
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

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules, self._plain):
            table.pop(name, None)

    def __setattr__(self, name, value):
        was_buffer = name in self._buffers
        if was_buffer and torch.is_tensor(value) and not isinstance(value, nn.Parameter):
            self._buffers[name] = value
        else:
            self.__delattr__(name)
            kinds = [(nn.Parameter, self._parameters), (Module, self._modules), (object, self._plain)]
            next(table for kind, table in kinds if isinstance(value, kind))[name] = value

    def register_buffer(self, name, tensor):
        self._buffers[name] = tensor

    def named_parameters(self, prefix=""):
        mine = ((prefix + name, p) for name, p in self._parameters.items())
        inside = (module.named_parameters(prefix + name + ".") for name, module in self._modules.items())
        return itertools.chain(mine, *inside)

    def parameters(self):
        return (parameter for _, parameter in self.named_parameters())

    def state_dict(self, prefix=""):
        mine = itertools.chain(self._parameters.items(), self._buffers.items())
        state = dict((prefix + name, tensor.detach()) for name, tensor in mine)
        for name, module in self._modules.items():
            state.update(module.state_dict(prefix=prefix + name + "."))
        return state

    def train(self, mode=True):
        self.training = mode
        _ = [module.train(mode) for module in self._modules.values()]
        return self

    def eval(self):
        self.train(False)
        return self

    def add_hook(self, hook):
        self._hooks.append(hook)

    def _after(self, args, output, hooks):
        if not hooks:
            return output
        answer = hooks[0](self, args, output)
        return self._after(args, output if answer is None else answer, hooks[1:])

    def __call__(self, *args):
        return self._after(args, self.forward(*args), self._hooks)


# %% wrong="Module: an old value of another kind stays in its table; breaks: a new value takes the place of an old one of that name, also of another kind, seen with a number after a parameter"
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
        if isinstance(value, nn.Parameter):
            self._parameters[name] = value
        elif isinstance(value, Module):
            self._modules[name] = value
        elif name in self._buffers and isinstance(value, torch.Tensor):
            self._buffers[name] = value
        else:
            self._plain[name] = value

    def register_buffer(self, name, tensor):
        self._buffers[name] = tensor

    def named_parameters(self, prefix=""):
        for name, p in self._parameters.items():
            yield prefix + name, p
        for name, module in self._modules.items():
            yield from module.named_parameters(prefix + name + ".")

    def parameters(self):
        for _, p in self.named_parameters():
            yield p

    def state_dict(self, prefix=""):
        state = {}
        for name, tensor in [*self._parameters.items(), *self._buffers.items()]:
            state[prefix + name] = tensor.detach()
        for name, module in self._modules.items():
            state.update(module.state_dict(prefix + name + "."))
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
            answer = hook(self, args, output)
            if answer is not None:
                output = answer
        return output


# %% wrong="Module: the state is not detached; breaks: a dictionary from names to detached tensors, seen in requires_grad"
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
        if name in self._buffers and isinstance(value, torch.Tensor) and not isinstance(value, nn.Parameter):
            self._buffers[name] = value
            return
        for table in (self._parameters, self._buffers, self._modules, self._plain):
            table.pop(name, None)
        if isinstance(value, nn.Parameter):
            self._parameters[name] = value
        elif isinstance(value, Module):
            self._modules[name] = value
        else:
            self._plain[name] = value

    def register_buffer(self, name, tensor):
        self._buffers[name] = tensor

    def named_parameters(self, prefix=""):
        for name, p in self._parameters.items():
            yield prefix + name, p
        for name, module in self._modules.items():
            yield from module.named_parameters(prefix + name + ".")

    def parameters(self):
        for _, p in self.named_parameters():
            yield p

    def state_dict(self, prefix=""):
        state = {}
        for name, tensor in [*self._parameters.items(), *self._buffers.items()]:
            state[prefix + name] = tensor
        for name, module in self._modules.items():
            state.update(module.state_dict(prefix + name + "."))
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
            answer = hook(self, args, output)
            if answer is not None:
                output = answer
        return output


# %% wrong="Module: every hook gets what forward returned; breaks: what a hook returns replaces the output, seen with two hooks that replace"
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
        if name in self._buffers and isinstance(value, torch.Tensor) and not isinstance(value, nn.Parameter):
            self._buffers[name] = value
            return
        for table in (self._parameters, self._buffers, self._modules, self._plain):
            table.pop(name, None)
        if isinstance(value, nn.Parameter):
            self._parameters[name] = value
        elif isinstance(value, Module):
            self._modules[name] = value
        else:
            self._plain[name] = value

    def register_buffer(self, name, tensor):
        self._buffers[name] = tensor

    def named_parameters(self, prefix=""):
        for name, p in self._parameters.items():
            yield prefix + name, p
        for name, module in self._modules.items():
            yield from module.named_parameters(prefix + name + ".")

    def parameters(self):
        for _, p in self.named_parameters():
            yield p

    def state_dict(self, prefix=""):
        state = {}
        for name, tensor in [*self._parameters.items(), *self._buffers.items()]:
            state[prefix + name] = tensor.detach()
        for name, module in self._modules.items():
            state.update(module.state_dict(prefix + name + "."))
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
        output = result = self.forward(*args)
        for hook in self._hooks:
            answer = hook(self, args, output)
            if answer is not None:
                result = answer
        return result


# %% wrong="Module: the mode goes one level down only; breaks: set training here and in all modules inside, seen with a module in a module in a module"
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
        if name in self._buffers and isinstance(value, torch.Tensor) and not isinstance(value, nn.Parameter):
            self._buffers[name] = value
            return
        for table in (self._parameters, self._buffers, self._modules, self._plain):
            table.pop(name, None)
        if isinstance(value, nn.Parameter):
            self._parameters[name] = value
        elif isinstance(value, Module):
            self._modules[name] = value
        else:
            self._plain[name] = value

    def register_buffer(self, name, tensor):
        self._buffers[name] = tensor

    def named_parameters(self, prefix=""):
        for name, p in self._parameters.items():
            yield prefix + name, p
        for name, module in self._modules.items():
            yield from module.named_parameters(prefix + name + ".")

    def parameters(self):
        for _, p in self.named_parameters():
            yield p

    def state_dict(self, prefix=""):
        state = {}
        for name, tensor in [*self._parameters.items(), *self._buffers.items()]:
            state[prefix + name] = tensor.detach()
        for name, module in self._modules.items():
            state.update(module.state_dict(prefix + name + "."))
        return state

    def train(self, mode=True):
        self.training = mode
        for module in self._modules.values():
            module.training = mode
        return self

    def eval(self):
        return self.train(False)

    def add_hook(self, hook):
        self._hooks.append(hook)

    def __call__(self, *args):
        output = self.forward(*args)
        for hook in self._hooks:
            answer = hook(self, args, output)
            if answer is not None:
                output = answer
        return output


# %% wrong="Module: a tensor assigned to a buffer becomes a plain attribute; breaks: it becomes that buffer's new value, seen in state_dict"
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
        for table in (self._parameters, self._buffers, self._modules, self._plain):
            table.pop(name, None)
        if isinstance(value, nn.Parameter):
            self._parameters[name] = value
        elif isinstance(value, Module):
            self._modules[name] = value
        else:
            self._plain[name] = value

    def register_buffer(self, name, tensor):
        self._buffers[name] = tensor

    def named_parameters(self, prefix=""):
        for name, p in self._parameters.items():
            yield prefix + name, p
        for name, module in self._modules.items():
            yield from module.named_parameters(prefix + name + ".")

    def parameters(self):
        for _, p in self.named_parameters():
            yield p

    def state_dict(self, prefix=""):
        state = {}
        for name, tensor in [*self._parameters.items(), *self._buffers.items()]:
            state[prefix + name] = tensor.detach()
        for name, module in self._modules.items():
            state.update(module.state_dict(prefix + name + "."))
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
            answer = hook(self, args, output)
            if answer is not None:
                output = answer
        return output


# %% right="gain: the trapezoid rule in double precision"
def gain_of(activation):
    z = torch.linspace(-12, 12, 480_001, dtype=torch.float64)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    return float(1 / torch.trapezoid(activation(z) ** 2 * density, z).sqrt())


def matrices(sizes, gain):
    return [torch.randn(d, units) * gain / math.sqrt(d) for d, units in zip(sizes[:-1], sizes[1:])]


# %% right="gain: midpoints, one stretch after the other, and weights that add up to one"
def gain_of(activation):
    total = weight = 0.0
    for left in range(-10, 10):
        z = left + (torch.arange(20_000, dtype=torch.float64) + 0.5) / 20_000
        density = torch.exp(-z * z / 2)
        total += (activation(z).double().square() * density).sum().item()
        weight += density.sum().item()
    return math.sqrt(weight / total)


def matrices(sizes, gain):
    found = []
    for fan_in, fan_out in itertools.pairwise(sizes):
        found.append(torch.empty(fan_in, fan_out).normal_(0.0, gain * fan_in**-0.5))
    return found


# %% right="gain: Simpson's rule with numpy, weights drawn by torch.normal"
def gain_of(activation):
    pieces = 400_000
    z = np.linspace(-11, 11, pieces + 1)
    factors = np.full(pieces + 1, 2.0)
    factors[1::2] = 4.0
    factors[[0, -1]] = 1.0
    bent = np.asarray(activation(torch.from_numpy(z)).detach(), dtype=np.float64)
    mean = np.sum(factors * bent**2 * np.exp(-(z**2) / 2)) * (z[1] - z[0]) / 3 / np.sqrt(2 * np.pi)
    return float(mean**-0.5)


def matrices(sizes, gain):
    def draw(place):
        d, units = sizes[place], sizes[place + 1]
        return torch.normal(0.0, gain / math.sqrt(d), size=(d, units))

    return list(map(draw, range(len(sizes) - 1)))


# %% wrong="gain: a mean over draws; breaks: right to one part in a thousand, sum over a fine grid and not over draws"
def gain_of(activation):
    z = torch.randn(20_000)
    return (1 / activation(z).pow(2).mean().sqrt()).item()


def matrices(sizes, gain):
    return [torch.randn(d, units) * gain / math.sqrt(d) for d, units in zip(sizes[:-1], sizes[1:])]


# %% wrong="gain: a grid of a hundred steps; breaks: right for activations as steep as tanh(100 z), seen with tanh(100 z)"
def gain_of(activation):
    z = torch.linspace(-5, 5, 101)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    return 1 / math.sqrt((activation(z) ** 2 * density).sum().item() * 0.1)


def matrices(sizes, gain):
    return [torch.randn(d, units) * gain / math.sqrt(d) for d, units in zip(sizes[:-1], sizes[1:])]


# %% wrong="gain: divided by fan_in without the root; breaks: the standard deviation is g over the root of fan_in, seen with fan_in 256"
def gain_of(activation):
    z = torch.linspace(-12, 12, 480_001, dtype=torch.float64)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    return float(1 / torch.trapezoid(activation(z) ** 2 * density, z).sqrt())


def matrices(sizes, gain):
    return [torch.randn(d, units) * gain / d for d, units in zip(sizes[:-1], sizes[1:])]


# %% wrong="gain: the units are taken for fan_in; breaks: the standard deviation is g over the root of fan_in, seen with sizes 400 and 100"
def gain_of(activation):
    z = torch.linspace(-12, 12, 480_001, dtype=torch.float64)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    return float(1 / torch.trapezoid(activation(z) ** 2 * density, z).sqrt())


def matrices(sizes, gain):
    return [torch.randn(d, units) * gain / math.sqrt(units) for d, units in zip(sizes[:-1], sizes[1:])]


# %% wrong="gain: matrices as nn.Linear keeps them; breaks: a matrix (fan_in, fan_out), seen with sizes 3 and 2"
def gain_of(activation):
    z = torch.linspace(-12, 12, 480_001, dtype=torch.float64)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    return float(1 / torch.trapezoid(activation(z) ** 2 * density, z).sqrt())


def matrices(sizes, gain):
    return [torch.randn(units, d) * gain / math.sqrt(d) for d, units in zip(sizes[:-1], sizes[1:])]


# %% right="norms: one helper for both norms, which takes the axes"
def _normalised_over(x, axes, eps):
    centred = x - x.mean(dim=axes, keepdim=True)
    return centred / torch.sqrt((centred**2).mean(dim=axes, keepdim=True) + eps)


def layer_norm(x, weight, bias, eps=1e-5):
    return weight * _normalised_over(x, tuple(range(-weight.ndim, 0)), eps) + bias


def batch_norm(x, weight, bias, eps=1e-5):
    return weight * _normalised_over(x, (0,), eps) + bias


def fold(linear_weight, linear_bias, mean, var, weight, bias, eps=1e-5):
    scale = weight / torch.sqrt(var + eps)
    return scale[:, None] * linear_weight, scale * (linear_bias - mean) + bias


# %% right="norms: one row and one column after the other"
def _standard(numbers, eps):
    centred = numbers - numbers.sum() / numbers.numel()
    return centred * (centred.square().sum() / numbers.numel() + eps) ** -0.5


def layer_norm(x, weight, bias, eps=1e-5):
    rows = x.reshape(-1, weight.numel())
    return torch.stack([_standard(row, eps) for row in rows]).reshape(x.shape) * weight + bias


def batch_norm(x, weight, bias, eps=1e-5):
    columns = [_standard(column, eps) * g + b for column, g, b in zip(x.unbind(1), weight, bias)]
    return torch.stack(columns, dim=1)


def fold(linear_weight, linear_bias, mean, var, weight, bias, eps=1e-5):
    rows, shifts = [], []
    for feature in range(len(weight)):
        scale = weight[feature] / (var[feature] + eps).sqrt()
        rows.append(linear_weight[feature] * scale)
        shifts.append((linear_bias[feature] - mean[feature]) * scale + bias[feature])
    return torch.stack(rows), torch.stack(shifts)


# %% right="norms: var_mean with the correction switched off, in double precision inside"
def layer_norm(x, weight, bias, eps=1e-5):
    z = x.double().flatten(x.ndim - weight.ndim)
    var, mean = torch.var_mean(z, dim=-1, correction=0, keepdim=True)
    z = ((z - mean) / (var + eps).sqrt()).reshape(x.shape)
    return (z * weight + bias).to(x.dtype)


def batch_norm(x, weight, bias, eps=1e-5):
    z = x.double()
    var, mean = torch.var_mean(z, dim=0, correction=0)
    return ((z - mean) * (var + eps).rsqrt() * weight + bias).to(x.dtype)


def fold(linear_weight, linear_bias, mean, var, weight, bias, eps=1e-5):
    scale = torch.diag(weight * (var + eps).rsqrt())
    return scale @ linear_weight, scale @ (linear_bias - mean) + bias


# %% wrong="norms: layer norm over the last axis only; breaks: over as many of the last axes of x as weight has, seen with a weight of two axes"
def layer_norm(x, weight, bias, eps=1e-5):
    mean = x.mean(dim=-1, keepdim=True)
    var = x.var(dim=-1, keepdim=True, unbiased=False)
    return weight * (x - mean) / torch.sqrt(var + eps) + bias


def batch_norm(x, weight, bias, eps=1e-5):
    var = x.var(dim=0, unbiased=False)
    return weight * (x - x.mean(dim=0)) / torch.sqrt(var + eps) + bias


def fold(linear_weight, linear_bias, mean, var, weight, bias, eps=1e-5):
    scale = weight / torch.sqrt(var + eps)
    return scale[:, None] * linear_weight, scale * (linear_bias - mean) + bias


# %% wrong="norms: eps is added to the standard deviation; breaks: divided by the root of var + eps, seen with eps = 0.1"
def layer_norm(x, weight, bias, eps=1e-5):
    axes = tuple(range(-weight.ndim, 0))
    std = x.var(dim=axes, keepdim=True, unbiased=False).sqrt()
    return weight * (x - x.mean(dim=axes, keepdim=True)) / (std + eps) + bias


def batch_norm(x, weight, bias, eps=1e-5):
    std = x.var(dim=0, unbiased=False).sqrt()
    return weight * (x - x.mean(dim=0)) / (std + eps) + bias


def fold(linear_weight, linear_bias, mean, var, weight, bias, eps=1e-5):
    scale = weight / (var.sqrt() + eps)
    return scale[:, None] * linear_weight, scale * (linear_bias - mean) + bias


# %% wrong="norms: batch norm ignores its eps; breaks: the root of var + eps, seen with eps = 0.1"
def layer_norm(x, weight, bias, eps=1e-5):
    axes = tuple(range(-weight.ndim, 0))
    var = x.var(dim=axes, keepdim=True, unbiased=False)
    return weight * (x - x.mean(dim=axes, keepdim=True)) / torch.sqrt(var + eps) + bias


def batch_norm(x, weight, bias, eps=1e-5):
    var = x.var(dim=0, unbiased=False)
    return weight * (x - x.mean(dim=0)) / torch.sqrt(var + 1e-5) + bias


def fold(linear_weight, linear_bias, mean, var, weight, bias, eps=1e-5):
    scale = weight / torch.sqrt(var + eps)
    return scale[:, None] * linear_weight, scale * (linear_bias - mean) + bias


# %% wrong="norms: the linear layer's bias is not scaled; breaks: one linear layer that does the work of both, seen with a bias that is not 0"
def layer_norm(x, weight, bias, eps=1e-5):
    axes = tuple(range(-weight.ndim, 0))
    var = x.var(dim=axes, keepdim=True, unbiased=False)
    return weight * (x - x.mean(dim=axes, keepdim=True)) / torch.sqrt(var + eps) + bias


def batch_norm(x, weight, bias, eps=1e-5):
    var = x.var(dim=0, unbiased=False)
    return weight * (x - x.mean(dim=0)) / torch.sqrt(var + eps) + bias


def fold(linear_weight, linear_bias, mean, var, weight, bias, eps=1e-5):
    scale = weight / torch.sqrt(var + eps)
    return scale[:, None] * linear_weight, linear_bias - scale * mean + bias


# %% wrong="norms: fold scales the columns of the weight; breaks: W has the shape (features, in), so each row is a feature, seen with 3 features and 2 inputs"
def layer_norm(x, weight, bias, eps=1e-5):
    axes = tuple(range(-weight.ndim, 0))
    var = x.var(dim=axes, keepdim=True, unbiased=False)
    return weight * (x - x.mean(dim=axes, keepdim=True)) / torch.sqrt(var + eps) + bias


def batch_norm(x, weight, bias, eps=1e-5):
    var = x.var(dim=0, unbiased=False)
    return weight * (x - x.mean(dim=0)) / torch.sqrt(var + eps) + bias


def fold(linear_weight, linear_bias, mean, var, weight, bias, eps=1e-5):
    scale = weight / torch.sqrt(var + eps)
    return linear_weight * scale, scale * (linear_bias - mean) + bias


# %% right="dropout: a mask of uniform numbers, and the case of 1 by itself"
def dropout(x, p, training=True):
    if not training:
        return x
    if p == 1:
        return x * 0
    keep = torch.rand(x.shape) >= p
    return x * keep / (1 - p)


def joint_rate(*rates):
    return 1 - math.prod(1 - rate for rate in rates)


def effect(w, x, p):
    return (w * x).sum().item(), p / (1 - p) * ((w * x) ** 2).sum().item()


# %% right="dropout: Bernoulli draws and where, the rate by a loop"
def dropout(x, p, training=True):
    if training and p > 0:
        keep = torch.empty(x.shape).bernoulli_(1 - p).bool()
        scale = 1 / (1 - p) if p < 1 else 1.0
        return torch.where(keep, scale * x, torch.zeros_like(x))
    return x


def joint_rate(*rates):
    lost = 0.0
    for rate in rates:
        lost += (1 - lost) * rate
    return lost


def effect(w, x, p):
    mean = variance = 0.0
    for wi, xi in zip(w.tolist(), x.tolist()):
        mean += wi * xi
        variance += (wi * xi) ** 2 * p / (1 - p)
    return mean, variance


# %% right="dropout: masked_fill on the scaled tensor, numpy for the effect"
def dropout(x, p, training=True):
    dropped = torch.rand(x.numel()).reshape(x.shape) < (p if training else 0.0)
    scaled = x / (1 - p) if training and p < 1 else x
    return scaled.masked_fill(dropped, 0.0)


def joint_rate(*rates):
    survive = 1.0
    for rate in rates:
        survive = survive * (1.0 - rate)
    return 1.0 - survive


def effect(w, x, p):
    parts = w.detach().numpy().astype(np.float64) * x.detach().numpy()
    return float(parts.sum()), float(np.dot(parts, parts) * p / (1 - p))


# %% wrong="dropout: the variance of the mask alone; breaks: p / (1 - p) times the square, seen in effect with p = 0.3"
def dropout(x, p, training=True):
    if not training:
        return x
    if p == 1:
        return x * 0
    return x * (torch.rand_like(x) >= p) / (1 - p)


def joint_rate(*rates):
    return 1 - math.prod(1 - rate for rate in rates)


def effect(w, x, p):
    return (w * x).sum().item(), p * (1 - p) * ((w * x) ** 2).sum().item()


# %% wrong="dropout: zero divided by zero at p = 1; breaks: p from 0 to 1, both included (with 1 nothing survives)"
def dropout(x, p, training=True):
    if not training:
        return x
    mask = (torch.rand_like(x) >= p).to(x.dtype)
    return x * mask / (1 - p)


def joint_rate(*rates):
    return 1 - math.prod(1 - rate for rate in rates)


def effect(w, x, p):
    return (w * x).sum().item(), p / (1 - p) * ((w * x) ** 2).sum().item()


# %% wrong="dropout: one mask for all rows; breaks: the entries are dropped independently, each with probability p, seen with x of two axes"
def dropout(x, p, training=True):
    if not training:
        return x
    if p == 1:
        return x * 0
    mask = torch.rand(x.shape[-1]) >= p
    return x * mask / (1 - p)


def joint_rate(*rates):
    return 1 - math.prod(1 - rate for rate in rates)


def effect(w, x, p):
    return (w * x).sum().item(), p / (1 - p) * ((w * x) ** 2).sum().item()


# %% wrong="dropout: always the same number of entries; breaks: the entries are dropped independently, seen in how many of ten are dropped"
def dropout(x, p, training=True):
    if not training:
        return x
    if p == 1:
        return x * 0
    mask = torch.ones(x.numel(), dtype=x.dtype)
    mask[torch.randperm(x.numel())[: round(p * x.numel())]] = 0
    return x * mask.reshape(x.shape) / (1 - p)


def joint_rate(*rates):
    return 1 - math.prod(1 - rate for rate in rates)


def effect(w, x, p):
    return (w * x).sum().item(), p / (1 - p) * ((w * x) ** 2).sum().item()


# %% wrong="dropout: the formula for two rates, whatever their number; breaks: several dropouts one after the other, seen with three rates"
def dropout(x, p, training=True):
    if not training:
        return x
    if p == 1:
        return x * 0
    return x * (torch.rand_like(x) >= p) / (1 - p)


def joint_rate(*rates):
    return sum(rates) - math.prod(rates)


def effect(w, x, p):
    return (w * x).sum().item(), p / (1 - p) * ((w * x) ** 2).sum().item()


# %% right="penalties: what is beyond t in either direction by a clamp, the mean squared bias by numpy"
def l2_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    return (1 - strength * lr) * w - lr * slope


def l1_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    return w - lr * slope - lr * (strength * torch.sgn(w))


def soft_threshold(w, t):
    return w - w.clamp(min=-t, max=t)


def bias_variance(predictions, truth):
    table, right = predictions.detach().double().numpy(), truth.detach().double().numpy()
    return float(np.mean((table.mean(axis=0) - right) ** 2)), float(table.var(axis=0).mean())


# %% right="penalties: softshrink from the shelf, plain numbers in loops"
def l2_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    return (1 - (lr * strength)) * w - lr * slope


def l1_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    return w - lr * slope - lr * strength * w.sign()


def soft_threshold(w, t):
    return F.softshrink(w, t)


def bias_variance(predictions, truth):
    bias = variance = 0.0
    for column, right in zip(predictions.T.tolist(), truth.tolist()):
        mean = sum(column) / len(column)
        bias += (mean - right) ** 2 / len(truth)
        variance += sum((one - mean) ** 2 for one in column) / len(column) / len(truth)
    return bias, variance


# %% right="penalties: two wheres, signs by comparisons, variance by hand"
def l2_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    shrunk = w - lr * strength * w
    return shrunk - lr * slope


def l1_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    signs = (w > 0).to(w.dtype) - (w < 0).to(w.dtype)
    return w - lr * (slope + strength * signs)


def soft_threshold(w, t):
    below = torch.where(w < -t, w + t, torch.zeros_like(w))
    return torch.where(w > t, w - t, below)


def bias_variance(predictions, truth):
    mean = predictions.mean(dim=0, keepdim=True)
    scatter = (predictions - mean).square().mean()
    return (mean[0] - truth).square().mean().item(), scatter.item()


# %% wrong="penalties: the variance with n - 1; breaks: add up to the mean squared error of all predictions, seen with three models"
def l2_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    return (1 - lr * strength) * w - lr * slope


def l1_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    return w - lr * slope - lr * strength * torch.sign(w)


def soft_threshold(w, t):
    return torch.sign(w) * (w.abs() - t).clamp(min=0)


def bias_variance(predictions, truth):
    bias = (predictions.mean(dim=0) - truth).pow(2).mean()
    return bias.item(), predictions.var(dim=0).mean().item()


# %% wrong="penalties: the mean over the points is squared; breaks: the mean squared bias, seen with errors of opposite signs at two points"
def l2_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    return (1 - lr * strength) * w - lr * slope


def l1_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    return w - lr * slope - lr * strength * torch.sign(w)


def soft_threshold(w, t):
    return torch.sign(w) * (w.abs() - t).clamp(min=0)


def bias_variance(predictions, truth):
    bias = (predictions.mean(dim=0) - truth).mean() ** 2
    return bias.item(), predictions.var(dim=0, unbiased=False).mean().item()


# %% wrong="penalties: the L1 step forgets the strength; breaks: eta times lambda times the sign, seen with strength 0.5"
def l2_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    return (1 - lr * strength) * w - lr * slope


def l1_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    return w - lr * slope - lr * torch.sign(w)


def soft_threshold(w, t):
    return torch.sign(w) * (w.abs() - t).clamp(min=0)


def bias_variance(predictions, truth):
    bias = (predictions.mean(dim=0) - truth).pow(2).mean()
    return bias.item(), predictions.var(dim=0, unbiased=False).mean().item()


# %% wrong="penalties: the sign as w over its size; breaks: sign(0) is 0, seen in l1_step with a weight of 0"
def l2_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    return (1 - lr * strength) * w - lr * slope


def l1_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    return w - lr * slope - lr * strength * w / w.abs()


def soft_threshold(w, t):
    return torch.sign(w) * (w.abs() - t).clamp(min=0)


def bias_variance(predictions, truth):
    bias = (predictions.mean(dim=0) - truth).pow(2).mean()
    return bias.item(), predictions.var(dim=0, unbiased=False).mean().item()


# %% wrong="penalties: small weights are set to 0 in the given tensor; breaks: it leaves its inputs unchanged, seen with a weight smaller than t"
def l2_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    return (1 - lr * strength) * w - lr * slope


def l1_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    return w - lr * slope - lr * strength * torch.sign(w)


def soft_threshold(w, t):
    w[w.abs() <= t] = 0
    return w - t * torch.sign(w)


def bias_variance(predictions, truth):
    bias = (predictions.mean(dim=0) - truth).pow(2).mean()
    return bias.item(), predictions.var(dim=0, unbiased=False).mean().item()


# %% right="fetch_once: an early return, and another spelling of the part's name"
def fetch_once(session, url, path):
    if path.exists():
        return path.read_bytes()
    reply = session.get(url=url, timeout=10)
    reply.raise_for_status()
    part = path.parent / (path.name + ".part")
    part.write_bytes(reply.content)
    part.replace(path)
    return path.read_bytes()


# %% right="fetch_once: os.replace and an open file in place of Path's methods"
def fetch_once(session, url, path):
    import os

    if not os.path.exists(path):
        reply = session.get(url, timeout=10)
        reply.raise_for_status()
        part = f"{path}.part"
        with open(part, "wb") as file:
            file.write(reply.content)
        os.replace(part, path)
    with open(path, "rb") as file:
        return file.read()


# %% right="fetch_once: reads first and fetches when there is nothing to read"
def fetch_once(session, url: str, path: Path) -> bytes:
    """The bytes of the file at path, which is downloaded from url if it is not there yet."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        pass
    reply = session.get(url, timeout=10)
    reply.raise_for_status()
    content = reply.content
    part = path.with_suffix(".part")
    part.write_bytes(content)
    part.replace(path)
    return content


# %% wrong="fetch_once: the status is looked at after the rename; breaks: no file appears under path if the page cannot be had, seen with a missing page"
def fetch_once(session, url: str, path: Path) -> bytes:
    """The bytes of the file at path, which is downloaded from url if it is not there yet."""
    if not path.exists():
        reply = session.get(url, timeout=10)
        part = path.with_suffix(".part")
        part.write_bytes(reply.content)
        part.replace(path)
        reply.raise_for_status()
    return path.read_bytes()


# %% wrong="fetch_once: the status is never looked at; breaks: the error of requests goes to the caller, seen with a missing page"
def fetch_once(session, url: str, path: Path) -> bytes:
    """The bytes of the file at path, which is downloaded from url if it is not there yet."""
    if not path.exists():
        reply = session.get(url, timeout=10)
        reply.close()
        part = path.with_suffix(".part")
        part.write_bytes(reply.content)
        part.replace(path)
    return path.read_bytes()


# %% wrong="fetch_once: looks for the part and not for the file; breaks: downloaded if it is not there yet, seen with two calls"
def fetch_once(session, url: str, path: Path) -> bytes:
    """The bytes of the file at path, which is downloaded from url if it is not there yet."""
    part = path.with_suffix(".part")
    if not part.exists():
        reply = session.get(url, timeout=10)
        reply.raise_for_status()
        part.write_bytes(reply.content)
        part.replace(path)
    return path.read_bytes()


# %% wrong="fetch_once: the page is read as text; breaks: content, the bytes, seen with bytes that are no text"
def fetch_once(session, url: str, path: Path) -> bytes:
    """The bytes of the file at path, which is downloaded from url if it is not there yet."""
    if not path.exists():
        reply = session.get(url, timeout=10)
        reply.raise_for_status()
        part = path.with_suffix(".part")
        part.write_bytes(reply.text.encode())
        part.replace(path)
    return path.read_bytes()


# %% wrong="fetch_once: the error is caught and nothing is returned; breaks: the error of requests goes to the caller, seen with a missing page"
def fetch_once(session, url: str, path: Path) -> bytes:
    """The bytes of the file at path, which is downloaded from url if it is not there yet."""
    if not path.exists():
        reply = session.get(url, timeout=10)
        try:
            reply.raise_for_status()
        except requests.HTTPError:
            return b""
        part = path.with_suffix(".part")
        part.write_bytes(reply.content)
        part.replace(path)
    return path.read_bytes()


# %% right="Trainer: plain loops, the best state cloned"
class DataModule:
    """Hands out batches of its rows."""

    def __init__(self, x, y, valid_x, valid_y, size: int):
        self.train, self.valid, self.size = (x, y), (valid_x, valid_y), size

    def train_batches(self):
        x, y = self.train
        order = torch.randperm(len(x))
        for start in range(0, len(x), self.size):
            chosen = order[start : start + self.size]
            yield x[chosen], y[chosen]

    def valid_batches(self):
        x, y = self.valid
        for start in range(0, len(x), self.size):
            yield x[start : start + self.size], y[start : start + self.size]


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        best, lowest, waited, kept = 0, math.inf, 0, {}
        for epoch in range(1, self.max_epochs + 1):
            model.train()
            total, rows = 0.0, 0
            for batch in data.train_batches():
                opt.zero_grad()
                loss = model.training_step(batch)
                loss.backward()
                opt.step()
                total += loss.item() * len(batch[0])
                rows += len(batch[0])
            self.board.add("training loss", total / rows)
            model.eval()
            total, rows = 0.0, 0
            with torch.no_grad():
                for batch in data.valid_batches():
                    total += model.validation_step(batch).item() * len(batch[0])
                    rows += len(batch[0])
            self.board.add("validation loss", total / rows)
            if total / rows < lowest:
                best, lowest, waited = epoch, total / rows, 0
                kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
            else:
                waited += 1
                if waited == self.patience:
                    break
        for name, tensor in model.state_dict().items():
            tensor.copy_(kept[name])
        return best


# %% right="Trainer: torch.split for the batches, an epoch in a method of its own, the distance to the best epoch as patience"
class DataModule:
    """Hands out batches of its rows."""

    def __init__(self, x, y, valid_x, valid_y, size: int):
        self.train, self.valid, self.size = (x, y), (valid_x, valid_y), size

    def train_batches(self):
        order = torch.randperm(len(self.train[1]))
        x, y = (part[order] for part in self.train)
        return zip(x.split(self.size), y.split(self.size))

    def valid_batches(self):
        return zip(*(part.split(self.size) for part in self.valid))


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def _epoch(self, batches, cost):
        losses, sizes = [], []
        for batch in batches:
            losses.append(float(cost(batch)))
            sizes.append(len(batch[0]))
        return sum(loss * size for loss, size in zip(losses, sizes)) / sum(sizes)

    def fit(self, model, data, opt) -> int:
        def learn(batch):
            loss = model.training_step(batch)
            opt.zero_grad()
            loss.backward()
            opt.step()
            return loss.detach()

        history, best = [], 0
        while len(history) < self.max_epochs and len(history) - best < self.patience:
            model.train()
            self.board.add("training loss", self._epoch(data.train_batches(), learn))
            model.eval()
            with torch.no_grad():
                loss = self._epoch(data.valid_batches(), model.validation_step)
            self.board.add("validation loss", loss)
            if not history or loss < min(history):
                best = len(history) + 1
                kept = [tensor.clone() for tensor in model.state_dict().values()]
            history.append(loss)
        with torch.no_grad():
            for tensor, copy in zip(model.state_dict().values(), kept, strict=True):
                tensor.copy_(copy)
        return best


# %% right="Trainer: a keeper class for the best state, deepcopy, running means updated row by row count"
class _BestSoFar:
    def __init__(self):
        self.epoch, self.loss, self.state = 0, None, None

    def look(self, epoch, loss, model):
        from copy import deepcopy

        if self.loss is None or loss < self.loss:
            self.epoch, self.loss, self.state = epoch, loss, deepcopy(dict(model.state_dict()))
        return epoch - self.epoch

    def put_back(self, model):
        for name, tensor in model.state_dict().items():
            tensor[...] = self.state[name]
        return self.epoch


class DataModule:
    """Hands out batches of its rows."""

    def __init__(self, x, y, valid_x, valid_y, size: int):
        self.train, self.valid, self.size = (x, y), (valid_x, valid_y), size

    def _batches(self, x, y, order):
        while len(order):
            now, order = order[: self.size], order[self.size :]
            yield x[now], y[now]

    def train_batches(self):
        return self._batches(*self.train, torch.randperm(len(self.train[0])))

    def valid_batches(self):
        return self._batches(*self.valid, torch.arange(len(self.valid[0])))


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        keeper = _BestSoFar()
        for epoch in range(1, 1 + self.max_epochs):
            model.train()
            summed = rows = 0
            for batch in data.train_batches():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                opt.step()
                summed, rows = summed + len(batch[0]) * loss.item(), rows + len(batch[0])
            self.board.add("training loss", summed / rows)
            model.eval()
            summed = rows = 0
            for batch in data.valid_batches():
                with torch.no_grad():
                    loss = model.validation_step(batch)
                summed, rows = summed + len(batch[0]) * loss.item(), rows + len(batch[0])
            self.board.add("validation loss", summed / rows)
            if keeper.look(epoch, summed / rows, model) >= self.patience:
                break
        return keeper.put_back(model)


# %% wrong="Trainer: the best state is kept without a copy; breaks: the values that they had at the end of the best epoch, seen when the best epoch is not the last"
class DataModule:
    """Hands out batches of its rows."""

    def __init__(self, x, y, valid_x, valid_y, size: int):
        self.train, self.valid, self.size = (x, y), (valid_x, valid_y), size

    def train_batches(self):
        x, y = self.train
        order = torch.randperm(len(x))
        for start in range(0, len(x), self.size):
            chosen = order[start : start + self.size]
            yield x[chosen], y[chosen]

    def valid_batches(self):
        x, y = self.valid
        for start in range(0, len(x), self.size):
            yield x[start : start + self.size], y[start : start + self.size]


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        best, lowest, waited, kept = 0, math.inf, 0, {}
        for epoch in range(1, self.max_epochs + 1):
            model.train()
            total, rows = 0.0, 0
            for batch in data.train_batches():
                opt.zero_grad()
                loss = model.training_step(batch)
                loss.backward()
                opt.step()
                total += loss.item() * len(batch[0])
                rows += len(batch[0])
            self.board.add("training loss", total / rows)
            model.eval()
            total, rows = 0.0, 0
            with torch.no_grad():
                for batch in data.valid_batches():
                    total += model.validation_step(batch).item() * len(batch[0])
                    rows += len(batch[0])
            valid_loss = total / rows
            self.board.add("validation loss", valid_loss)
            if valid_loss < lowest:
                best, lowest, waited = epoch, valid_loss, 0
                kept = {name: tensor for name, tensor in model.state_dict().items()}
            else:
                waited += 1
                if waited >= self.patience:
                    break
        with torch.no_grad():
            for name, tensor in model.state_dict().items():
                tensor.copy_(kept[name])
        return best


# %% wrong="Trainer: the mean over batches; breaks: the means over all rows of the epoch (a small batch counts less), seen with batches of 3 and 1"
class DataModule:
    """Hands out batches of its rows."""

    def __init__(self, x, y, valid_x, valid_y, size: int):
        self.train, self.valid, self.size = (x, y), (valid_x, valid_y), size

    def train_batches(self):
        x, y = self.train
        order = torch.randperm(len(x))
        for start in range(0, len(x), self.size):
            chosen = order[start : start + self.size]
            yield x[chosen], y[chosen]

    def valid_batches(self):
        x, y = self.valid
        for start in range(0, len(x), self.size):
            yield x[start : start + self.size], y[start : start + self.size]


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        best, lowest, waited, kept = 0, math.inf, 0, {}
        for epoch in range(1, self.max_epochs + 1):
            model.train()
            total, rows = 0.0, 0
            for batch in data.train_batches():
                opt.zero_grad()
                loss = model.training_step(batch)
                loss.backward()
                opt.step()
                total += loss.item()
                rows += 1
            self.board.add("training loss", total / rows)
            model.eval()
            total, rows = 0.0, 0
            with torch.no_grad():
                for batch in data.valid_batches():
                    total += model.validation_step(batch).item()
                    rows += 1
            valid_loss = total / rows
            self.board.add("validation loss", valid_loss)
            if valid_loss < lowest:
                best, lowest, waited = epoch, valid_loss, 0
                kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
            else:
                waited += 1
                if waited >= self.patience:
                    break
        with torch.no_grad():
            for name, tensor in model.state_dict().items():
                tensor.copy_(kept[name])
        return best


# %% wrong="Trainer: an equal loss counts as a new best; breaks: a new best if its validation loss is below that of every epoch before, seen with equal losses"
class DataModule:
    """Hands out batches of its rows."""

    def __init__(self, x, y, valid_x, valid_y, size: int):
        self.train, self.valid, self.size = (x, y), (valid_x, valid_y), size

    def train_batches(self):
        x, y = self.train
        order = torch.randperm(len(x))
        for start in range(0, len(x), self.size):
            chosen = order[start : start + self.size]
            yield x[chosen], y[chosen]

    def valid_batches(self):
        x, y = self.valid
        for start in range(0, len(x), self.size):
            yield x[start : start + self.size], y[start : start + self.size]


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        best, lowest, waited, kept = 0, math.inf, 0, {}
        for epoch in range(1, self.max_epochs + 1):
            model.train()
            total, rows = 0.0, 0
            for batch in data.train_batches():
                opt.zero_grad()
                loss = model.training_step(batch)
                loss.backward()
                opt.step()
                total += loss.item() * len(batch[0])
                rows += len(batch[0])
            self.board.add("training loss", total / rows)
            model.eval()
            total, rows = 0.0, 0
            with torch.no_grad():
                for batch in data.valid_batches():
                    total += model.validation_step(batch).item() * len(batch[0])
                    rows += len(batch[0])
            valid_loss = total / rows
            self.board.add("validation loss", valid_loss)
            if valid_loss <= lowest:
                best, lowest, waited = epoch, valid_loss, 0
                kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
            else:
                waited += 1
                if waited >= self.patience:
                    break
        with torch.no_grad():
            for name, tensor in model.state_dict().items():
                tensor.copy_(kept[name])
        return best


# %% wrong="Trainer: the count of bad epochs is not set back; breaks: patience epochs in a row without a new best, seen with losses that go up and down"
class DataModule:
    """Hands out batches of its rows."""

    def __init__(self, x, y, valid_x, valid_y, size: int):
        self.train, self.valid, self.size = (x, y), (valid_x, valid_y), size

    def train_batches(self):
        x, y = self.train
        order = torch.randperm(len(x))
        for start in range(0, len(x), self.size):
            chosen = order[start : start + self.size]
            yield x[chosen], y[chosen]

    def valid_batches(self):
        x, y = self.valid
        for start in range(0, len(x), self.size):
            yield x[start : start + self.size], y[start : start + self.size]


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        best, lowest, waited, kept = 0, math.inf, 0, {}
        for epoch in range(1, self.max_epochs + 1):
            model.train()
            total, rows = 0.0, 0
            for batch in data.train_batches():
                opt.zero_grad()
                loss = model.training_step(batch)
                loss.backward()
                opt.step()
                total += loss.item() * len(batch[0])
                rows += len(batch[0])
            self.board.add("training loss", total / rows)
            model.eval()
            total, rows = 0.0, 0
            with torch.no_grad():
                for batch in data.valid_batches():
                    total += model.validation_step(batch).item() * len(batch[0])
                    rows += len(batch[0])
            valid_loss = total / rows
            self.board.add("validation loss", valid_loss)
            if valid_loss < lowest:
                best, lowest = epoch, valid_loss
                kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
            else:
                waited += 1
                if waited >= self.patience:
                    break
        with torch.no_grad():
            for name, tensor in model.state_dict().items():
                tensor.copy_(kept[name])
        return best


# %% wrong="Trainer: only the parameters are put back; breaks: give all tensors of state_dict their values, seen with a buffer"
class DataModule:
    """Hands out batches of its rows."""

    def __init__(self, x, y, valid_x, valid_y, size: int):
        self.train, self.valid, self.size = (x, y), (valid_x, valid_y), size

    def train_batches(self):
        x, y = self.train
        order = torch.randperm(len(x))
        for start in range(0, len(x), self.size):
            chosen = order[start : start + self.size]
            yield x[chosen], y[chosen]

    def valid_batches(self):
        x, y = self.valid
        for start in range(0, len(x), self.size):
            yield x[start : start + self.size], y[start : start + self.size]


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        best, lowest, waited, kept = 0, math.inf, 0, {}
        for epoch in range(1, self.max_epochs + 1):
            model.train()
            total, rows = 0.0, 0
            for batch in data.train_batches():
                opt.zero_grad()
                loss = model.training_step(batch)
                loss.backward()
                opt.step()
                total += loss.item() * len(batch[0])
                rows += len(batch[0])
            self.board.add("training loss", total / rows)
            model.eval()
            total, rows = 0.0, 0
            with torch.no_grad():
                for batch in data.valid_batches():
                    total += model.validation_step(batch).item() * len(batch[0])
                    rows += len(batch[0])
            valid_loss = total / rows
            self.board.add("validation loss", valid_loss)
            if valid_loss < lowest:
                best, lowest, waited = epoch, valid_loss, 0
                kept = {name: tensor.clone() for name, tensor in model.named_parameters()}
            else:
                waited += 1
                if waited >= self.patience:
                    break
        with torch.no_grad():
            for name, tensor in model.named_parameters():
                tensor.copy_(kept[name])
        return best


# %% right="Tower: a ModuleList that grows in a loop"
class Tower(nn.Module):
    def __init__(self, features: int, width: int, depth: int, classes: int):
        super().__init__()
        self.hidden = nn.ModuleList()
        for number in range(depth):
            self.hidden.append(nn.Linear(width if number else features, width))
        self.out = nn.Linear(width, classes)

    def forward(self, x):
        for layer in self.hidden:
            x = F.relu(layer(x))
        return self.out(x)


# %% right="Tower: one Sequential of everything, bends included"
class Tower(nn.Module):
    def __init__(self, features: int, width: int, depth: int, classes: int):
        super().__init__()
        sizes = [features] + depth * [width]
        layers = []
        for d, units in itertools.pairwise(sizes):
            layers += [nn.Linear(d, units), nn.ReLU()]
        self.all = nn.Sequential(*layers, nn.Linear(sizes[-1], classes))

    def forward(self, x):
        return self.all(x)


# %% right="Tower: the list stays, and each layer is registered under a name besides"
class Tower(nn.Module):
    def __init__(self, features: int, width: int, depth: int, classes: int):
        super().__init__()
        sizes = [features] + depth * [width]
        self.hidden = [nn.Linear(d, units) for d, units in zip(sizes[:-1], sizes[1:])]
        for number, layer in enumerate(self.hidden):
            self.add_module(f"hidden_{number}", layer)
        self.out = nn.Linear(width, classes)

    def forward(self, x):
        for layer in self.hidden:
            x = torch.clamp(layer(x), min=0)
        return self.out(x)


# %% wrong="Tower: all layers but the first are one and the same; breaks: so many hidden layers (depth), each with weights of its own, seen in the number of parameters with depth 3"
class Tower(nn.Module):
    def __init__(self, features: int, width: int, depth: int, classes: int):
        super().__init__()
        self.hidden = nn.ModuleList([nn.Linear(features, width)] + (depth - 1) * [nn.Linear(width, width)])
        self.out = nn.Linear(width, classes)

    def forward(self, x):
        for layer in self.hidden:
            x = torch.relu(layer(x))
        return self.out(x)


# %% wrong="Tower: the last hidden layer does not bend; breaks: hidden layers of ReLUs, seen in what it says"
class Tower(nn.Module):
    def __init__(self, features: int, width: int, depth: int, classes: int):
        super().__init__()
        sizes = [features] + depth * [width]
        self.hidden = nn.ModuleList([nn.Linear(d, units) for d, units in zip(sizes[:-1], sizes[1:])])
        self.out = nn.Linear(width, classes)

    def forward(self, x):
        for layer in self.hidden[:-1]:
            x = torch.relu(layer(x))
        return self.out(self.hidden[-1](x))


# %% wrong="Tower: only the first hidden layer is registered; breaks: the state that was saved must give back the network, seen with depth 2"
class Tower(nn.Module):
    def __init__(self, features: int, width: int, depth: int, classes: int):
        super().__init__()
        sizes = [features] + depth * [width]
        self.hidden = [nn.Linear(d, units) for d, units in zip(sizes[:-1], sizes[1:])]
        self.first = self.hidden[0]
        self.out = nn.Linear(width, classes)

    def forward(self, x):
        for layer in self.hidden:
            x = torch.relu(layer(x))
        return self.out(x)


# %% wrong="Tower: the scores go through a ReLU too; breaks: a linear layer on top of them, seen with a negative score"
class Tower(nn.Module):
    def __init__(self, features: int, width: int, depth: int, classes: int):
        super().__init__()
        sizes = [features] + depth * [width]
        self.hidden = nn.ModuleList([nn.Linear(d, units) for d, units in zip(sizes[:-1], sizes[1:])])
        self.out = nn.Linear(width, classes)

    def forward(self, x):
        for layer in [*self.hidden, self.out]:
            x = torch.relu(layer(x))
        return x


# %% wrong="Tower: one hidden layer is missing; breaks: so many hidden layers of ReLUs (depth), seen with depth 2"
class Tower(nn.Module):
    def __init__(self, features: int, width: int, depth: int, classes: int):
        super().__init__()
        self.hidden = nn.ModuleList([nn.Linear(features, width)])
        for _ in range(depth - 2):
            self.hidden.append(nn.Linear(width, width))
        self.out = nn.Linear(width, classes)

    def forward(self, x):
        for layer in self.hidden:
            x = torch.relu(layer(x))
        return self.out(x)
