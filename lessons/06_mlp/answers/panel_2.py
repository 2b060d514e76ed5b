# Answers by a panel that read only the released notebook: what `course audit` grades and counts apart. No student sees them.

# %% right="log_softmax: the log of the sum is folded together pair by pair with logaddexp"
def log_softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The logarithms of the chances along dim, in the shape of the scores."""
    top, _ = scores.max(dim=dim, keepdim=True)
    slices = ((scores - top) / temperature).unbind(dim)
    total = slices[0]
    for piece in slices[1:]:
        total = torch.logaddexp(total, piece)
    return torch.stack([piece - total for piece in slices], dim=dim)


def softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The chances along dim, in the shape of the scores."""
    return log_softmax(scores, dim, temperature).exp()


# %% right="log_softmax: a table of all differences of two scores, so that no shift by the largest score is needed at first"
def log_softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The logarithms of the chances along dim, in the shape of the scores."""
    s = scores.movedim(dim, -1)
    table = (s.unsqueeze(-2) - s.unsqueeze(-1)) / temperature  # [..., i, j] is s_j - s_i
    top = table.detach().amax(dim=-1, keepdim=True)
    costs = top.squeeze(-1) + (table - top).exp().sum(dim=-1).log()
    return -costs.movedim(-1, dim)


def softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The chances along dim, in the shape of the scores."""
    return log_softmax(scores, dim, temperature).exp()


# %% right="log_softmax: two objects of one class in place of the functions, double inside, the largest score by sorting"
class Chancer:
    """Chances or their logarithms, computed in float64."""

    def __init__(self, logarithm):
        self.logarithm = logarithm

    def __call__(self, scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
        wide = scores.to(torch.float64)
        top = wide.sort(dim=dim, descending=True).values.narrow(dim, 0, 1)
        wide = (wide - top) / temperature
        powers = torch.exp(wide)
        whole = powers.sum(dim, keepdim=True)
        answer = wide - whole.log() if self.logarithm else powers / whole
        return answer.to(scores.dtype)


log_softmax, softmax = Chancer(True), Chancer(False)


# %% wrong="log_softmax: shifts the divided scores by the largest undivided one; breaks: finite scores of any size, seen with scores 100, 99 at temperature 0.1 (infinite powers)"
def log_softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The logarithms of the chances along dim, in the shape of the scores."""
    z = scores / temperature - scores.amax(dim=dim, keepdim=True)
    return z - z.exp().sum(dim=dim, keepdim=True).log()


def softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The chances along dim, in the shape of the scores."""
    return log_softmax(scores, dim, temperature).exp()


# %% wrong="log_softmax: one shift for the whole tensor; breaks: finite scores of any size, seen with the rows (0, 1) and (1000, 1001)"
def log_softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The logarithms of the chances along dim, in the shape of the scores."""
    z = (scores - scores.max()) / temperature
    return z - z.exp().sum(dim=dim, keepdim=True).log()


def softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The chances along dim, in the shape of the scores."""
    return log_softmax(scores, dim, temperature).exp()


# %% wrong="log_softmax: takes the logarithm of rounded chances, kept away from 0; breaks: never take the logarithm of a rounded chance, seen with scores 0, -200"
def log_softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The logarithms of the chances along dim, in the shape of the scores."""
    return softmax(scores, dim, temperature).clamp_min(torch.finfo(scores.dtype).tiny).log()


def softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The chances along dim, in the shape of the scores."""
    z = scores / temperature
    powers = (z - z.amax(dim=dim, keepdim=True)).exp()
    return powers / powers.sum(dim=dim, keepdim=True)


# %% wrong="log_softmax: shifts by the largest absolute score; breaks: finite scores of any size, seen with scores -1000, -1001 (all powers are 0)"
def log_softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The logarithms of the chances along dim, in the shape of the scores."""
    z = scores / temperature
    z = z - z.abs().amax(dim=dim, keepdim=True)
    return z - z.exp().sum(dim=dim, keepdim=True).log()


def softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The chances along dim, in the shape of the scores."""
    return log_softmax(scores, dim, temperature).exp()


# %% wrong="log_softmax: the temperature divides the finished logarithms; breaks: all scores are divided beforehand, seen with temperature 2 (chances do not add up to 1)"
def log_softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The logarithms of the chances along dim, in the shape of the scores."""
    z = scores - scores.amax(dim=dim, keepdim=True)
    return (z - z.exp().sum(dim=dim, keepdim=True).log()) / temperature


def softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The chances along dim, in the shape of the scores."""
    return log_softmax(scores, dim, temperature).exp()


# %% wrong="log_softmax: the log of the sum is cut from the graph, as the shift may be; breaks: gradients flow back to scores, seen with any scores (slope 1 in place of 1 - p)"
def log_softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The logarithms of the chances along dim, in the shape of the scores."""
    z = scores / temperature
    z = z - z.amax(dim=dim, keepdim=True).detach()
    total = z.exp().sum(dim=dim, keepdim=True).log().detach()
    return z - total


def softmax(scores: torch.Tensor, dim: int = -1, temperature: float = 1.0) -> torch.Tensor:
    """The chances along dim, in the shape of the scores."""
    return log_softmax(scores, dim, temperature).exp()


# %% right="losses: picks by a mask that compares class numbers, a table of targets, logaddexp with 0 as the softplus"
def nll(log_chances: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood of the labels (n,), from logarithms of chances (n, classes)."""
    rows = torch.arange(len(labels))
    return -log_chances[torch.arange(log_chances.shape[1]) == labels[:, None]].mean()


def cross_entropy(scores: torch.Tensor, labels: torch.Tensor, smoothing: float = 0.0) -> torch.Tensor:
    """The mean cross-entropy of scores (n, classes) with labels (n,), smoothed by this share."""
    logs = torch.log_softmax(scores, dim=1)
    target = torch.full_like(logs, smoothing / scores.shape[1])
    target[torch.arange(len(labels)), labels] += 1 - smoothing
    return -(target * logs).sum(dim=1).mean()


def bce_with_logits(z: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """The mean binary cross-entropy of scores z with labels y from 0 to 1."""
    return (torch.logaddexp(z, torch.zeros_like(z)) - z * y).mean()


# %% right="losses: one-hot rows as a mask, a loop over rows with its own log of the sum, and two-class softmax of (z, 0)"
def nll(log_chances: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood of the labels (n,), from logarithms of chances (n, classes)."""
    rows = torch.arange(len(labels))
    return -log_chances[F.one_hot(labels, log_chances.shape[1]).bool()].mean()


def cross_entropy(scores: torch.Tensor, labels: torch.Tensor, smoothing: float = 0.0) -> torch.Tensor:
    """The mean cross-entropy of scores (n, classes) with labels (n,), smoothed by this share."""
    costs = []
    for row, label in zip(scores, labels.tolist()):
        top = row.detach().max()
        logs = row - top - (row - top).exp().sum().log()
        costs.append(-(1 - smoothing) * logs[label] - smoothing * logs.mean())
    return torch.stack(costs).mean()


def bce_with_logits(z: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """The mean binary cross-entropy of scores z with labels y from 0 to 1."""
    both = torch.log_softmax(torch.stack([z, torch.zeros_like(z)], dim=-1), dim=-1)
    yes, no = both.unbind(-1)
    return -(y * yes + (1 - y) * no).mean()


# %% right="losses: lists of Python numbers as places, gather, and the logarithm of the sigmoid on both sides"
def nll(log_chances: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood of the labels (n,), from logarithms of chances (n, classes)."""
    rows = torch.arange(len(labels))
    return -log_chances[rows.tolist(), labels.tolist()].mean()


def cross_entropy(scores: torch.Tensor, labels: torch.Tensor, smoothing: float = 0.0) -> torch.Tensor:
    """The mean cross-entropy of scores (n, classes) with labels (n,), smoothed by this share."""
    logs = scores.log_softmax(1)
    picked = logs.gather(1, labels.unsqueeze(1)).squeeze(1)
    return torch.lerp(-picked, -logs.mean(1), smoothing).mean()


def bce_with_logits(z: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """The mean binary cross-entropy of scores z with labels y from 0 to 1."""
    costs = y * F.logsigmoid(z) + (1 - y) * F.logsigmoid(-z)
    return costs.sum().neg() / costs.numel()


# %% wrong="losses: nll goes through float32 before the mean; breaks: accepts float64 and returns tensors of the same type, seen with float64 logarithms"
def nll(log_chances: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood of the labels (n,), from logarithms of chances (n, classes)."""
    rows = torch.arange(len(labels))
    return -log_chances[rows, labels].float().mean()


def cross_entropy(scores: torch.Tensor, labels: torch.Tensor, smoothing: float = 0.0) -> torch.Tensor:
    """The mean cross-entropy of scores (n, classes) with labels (n,), smoothed by this share."""
    logs = torch.log_softmax(scores, dim=1)
    target = torch.full_like(logs, smoothing / scores.shape[1])
    target[torch.arange(len(labels)), labels] += 1 - smoothing
    return -(target * logs).sum(dim=1).mean()


def bce_with_logits(z: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """The mean binary cross-entropy of scores z with labels y from 0 to 1."""
    return (torch.logaddexp(z, torch.zeros_like(z)) - z * y).mean()


# %% wrong="losses: the smoothed share is taken of the scores, not of their logarithms of chances; breaks: sum over all classes of -target log p, seen with smoothing 0.1 and unequal scores"
def nll(log_chances: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood of the labels (n,), from logarithms of chances (n, classes)."""
    rows = torch.arange(len(labels))
    return -log_chances[rows, labels].mean()


def cross_entropy(scores: torch.Tensor, labels: torch.Tensor, smoothing: float = 0.0) -> torch.Tensor:
    """The mean cross-entropy of scores (n, classes) with labels (n,), smoothed by this share."""
    logs = torch.log_softmax(scores, dim=1)
    return (1 - smoothing) * nll(logs, labels) - smoothing * scores.mean()


def bce_with_logits(z: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """The mean binary cross-entropy of scores z with labels y from 0 to 1."""
    return (torch.logaddexp(z, torch.zeros_like(z)) - z * y).mean()


# %% wrong="losses: the right class does not get its own part of the share that is spread; breaks: its target is 1 - eps + eps/k, seen with smoothing 0.3"
def nll(log_chances: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood of the labels (n,), from logarithms of chances (n, classes)."""
    rows = torch.arange(len(labels))
    return -log_chances[rows, labels].mean()


def cross_entropy(scores: torch.Tensor, labels: torch.Tensor, smoothing: float = 0.0) -> torch.Tensor:
    """The mean cross-entropy of scores (n, classes) with labels (n,), smoothed by this share."""
    logs = torch.log_softmax(scores, dim=1)
    target = torch.full_like(logs, smoothing / scores.shape[1])
    target[torch.arange(len(labels)), labels] = 1 - smoothing
    return -(target * logs).sum(dim=1).mean()


def bce_with_logits(z: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """The mean binary cross-entropy of scores z with labels y from 0 to 1."""
    return (torch.logaddexp(z, torch.zeros_like(z)) - z * y).mean()


# %% wrong="losses: logarithms of sigmoids cut off at -100, as PyTorch does for chances; breaks: for z = 200 and y = 0 we would like to see 200"
def nll(log_chances: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood of the labels (n,), from logarithms of chances (n, classes)."""
    rows = torch.arange(len(labels))
    return -log_chances[rows, labels].mean()


def cross_entropy(scores: torch.Tensor, labels: torch.Tensor, smoothing: float = 0.0) -> torch.Tensor:
    """The mean cross-entropy of scores (n, classes) with labels (n,), smoothed by this share."""
    logs = torch.log_softmax(scores, dim=1)
    target = torch.full_like(logs, smoothing / scores.shape[1])
    target[torch.arange(len(labels)), labels] += 1 - smoothing
    return -(target * logs).sum(dim=1).mean()


def bce_with_logits(z: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """The mean binary cross-entropy of scores z with labels y from 0 to 1."""
    yes, no = F.logsigmoid(z).clamp(min=-100), F.logsigmoid(-z).clamp(min=-100)
    return -(y * yes + (1 - y) * no).mean()


# %% wrong="losses: counts the classes by the largest label; breaks: the share is spread over all k classes, seen with smoothing where the last class is no label of the batch"
def nll(log_chances: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood of the labels (n,), from logarithms of chances (n, classes)."""
    rows = torch.arange(len(labels))
    return -log_chances[rows, labels].mean()


def cross_entropy(scores: torch.Tensor, labels: torch.Tensor, smoothing: float = 0.0) -> torch.Tensor:
    """The mean cross-entropy of scores (n, classes) with labels (n,), smoothed by this share."""
    logs = torch.log_softmax(scores, dim=1)
    k = int(labels.max()) + 1
    spread = -logs[:, :k].sum(dim=1).mean() / k
    return (1 - smoothing) * nll(logs, labels) + smoothing * spread


def bce_with_logits(z: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """The mean binary cross-entropy of scores z with labels y from 0 to 1."""
    return (torch.logaddexp(z, torch.zeros_like(z)) - z * y).mean()


# %% wrong="losses: a label is either yes or no; breaks: labels y from 0 to 1, seen with y = 0.3"
def nll(log_chances: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood of the labels (n,), from logarithms of chances (n, classes)."""
    rows = torch.arange(len(labels))
    return -log_chances[rows, labels].mean()


def cross_entropy(scores: torch.Tensor, labels: torch.Tensor, smoothing: float = 0.0) -> torch.Tensor:
    """The mean cross-entropy of scores (n, classes) with labels (n,), smoothed by this share."""
    logs = torch.log_softmax(scores, dim=1)
    target = torch.full_like(logs, smoothing / scores.shape[1])
    target[torch.arange(len(labels)), labels] += 1 - smoothing
    return -(target * logs).sum(dim=1).mean()


def bce_with_logits(z: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """The mean binary cross-entropy of scores z with labels y from 0 to 1."""
    return torch.where(y > 0.5, -F.logsigmoid(z), -F.logsigmoid(-z)).mean()


# %% right="softmax_regression: a Sequential of one layer, tolist for the number, and autograd on one parameter after the other"
def predict(model, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The chances (n, classes) and the likeliest class (n,) of each row; nothing is recorded."""
    with torch.no_grad():
        scores = model(x)
        chances = nn.Sequential(nn.Softmax(dim=-1))(scores)
    return chances, chances.argmax(axis=-1)


def accuracy(classes: torch.Tensor, labels: torch.Tensor) -> float:
    """The share of right answers, as a number."""
    return (torch.eq(classes, labels)).double().mean().tolist()


def fit_softmax(x, labels, classes: int, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features, classes) and biases (classes,) after so many steps from zeros."""
    both = [torch.zeros(x.shape[1], classes, dtype=x.dtype), torch.zeros(classes, dtype=x.dtype)]
    for _ in range(steps):
        both = [part.detach().requires_grad_() for part in both]
        slopes = torch.autograd.grad(F.cross_entropy(torch.addmm(both[1], x, both[0]), labels), both)
        both = [part.detach() - lr * slope for part, slope in zip(both, slopes)]
    return both[0].detach(), both[1].detach()


# %% right="softmax_regression: the bias is one more row of the matrix, for an input that is always 1"
def predict(model, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The chances (n, classes) and the likeliest class (n,) of each row; nothing is recorded."""
    with torch.no_grad():
        scores = model(x)
        chances = nn.Softmax(scores.ndim - 1)(scores)
    return chances, chances.argmax(chances.ndim - 1)


def accuracy(classes: torch.Tensor, labels: torch.Tensor) -> float:
    """The share of right answers, as a number."""
    return (classes - labels == 0).float().mean().__float__()


def fit_softmax(x, labels, classes: int, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features, classes) and biases (classes,) after so many steps from zeros."""
    longer = torch.hstack([x, torch.ones(len(x), 1, dtype=x.dtype)])
    table = torch.zeros(longer.shape[1], classes, dtype=x.dtype)
    for _ in range(steps):
        wrong_by = torch.softmax(longer @ table, 1)
        wrong_by[torch.arange(len(x)), labels] -= 1
        table = table - (lr / len(x)) * torch.einsum("nf,nk->fk", longer, wrong_by)
    return table[:-1].clone(), table[-1].clone()


# %% right="softmax_regression: numpy and float64 inside, back to tensors at the end"
def predict(model, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The chances (n, classes) and the likeliest class (n,) of each row; nothing is recorded."""
    with torch.no_grad():
        scores = model(x)
        chances = nn.Softmax(dim=1)(scores)
    return chances, chances.argmax(-1)


def accuracy(classes: torch.Tensor, labels: torch.Tensor) -> float:
    """The share of right answers, as a number."""
    return (~(classes != labels)).to(torch.float64).ravel().mean().item()


def fit_softmax(x, labels, classes: int, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features, classes) and biases (classes,) after so many steps from zeros."""
    inputs, truth = x.detach().double().numpy(), np.eye(classes)[labels.numpy()]
    w, b = np.zeros((inputs.shape[1], classes)), np.zeros(classes)
    for _ in range(steps):
        z = inputs @ w + b
        powers = np.exp(z - z.max(axis=1, keepdims=True))
        d = (powers / powers.sum(axis=1, keepdims=True) - truth) / len(inputs)
        w -= lr * inputs.T @ d
        b -= lr * d.sum(axis=0)
    return torch.from_numpy(w).to(x.dtype), torch.from_numpy(b).to(x.dtype)


# %% wrong="softmax_regression: a sigmoid for each class, which has the same likeliest class; breaks: the chances (n, classes), seen with any row (they do not add up to 1)"
def predict(model, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The chances (n, classes) and the likeliest class (n,) of each row; nothing is recorded."""
    with torch.no_grad():
        scores = model(x)
        chances = nn.Sigmoid()(scores)
    return chances, chances.argmax(dim=1)


def accuracy(classes: torch.Tensor, labels: torch.Tensor) -> float:
    """The share of right answers, as a number."""
    return (classes == labels).float().mean().item()


def fit_softmax(x, labels, classes: int, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features, classes) and biases (classes,) after so many steps from zeros."""
    w, b = torch.zeros(x.shape[1], classes, dtype=x.dtype), torch.zeros(classes, dtype=x.dtype)
    truth = F.one_hot(labels, classes)
    for _ in range(steps):
        d = (torch.softmax(x @ w + b, dim=1) - truth) / len(x)
        w, b = w - lr * x.T @ d, b - lr * d.sum(dim=0)
    return w, b


# %% wrong="softmax_regression: logarithms in place of chances, the classes are right all the same; breaks: the chances of each row, seen with any row"
def predict(model, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The chances (n, classes) and the likeliest class (n,) of each row; nothing is recorded."""
    with torch.no_grad():
        scores = model(x)
        chances = nn.LogSoftmax(dim=1)(scores)
    return chances, chances.argmax(dim=1)


def accuracy(classes: torch.Tensor, labels: torch.Tensor) -> float:
    """The share of right answers, as a number."""
    return (classes == labels).float().mean().item()


def fit_softmax(x, labels, classes: int, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features, classes) and biases (classes,) after so many steps from zeros."""
    w, b = torch.zeros(x.shape[1], classes, dtype=x.dtype), torch.zeros(classes, dtype=x.dtype)
    truth = F.one_hot(labels, classes)
    for _ in range(steps):
        d = (torch.softmax(x @ w + b, dim=1) - truth) / len(x)
        w, b = w - lr * x.T @ d, b - lr * d.sum(dim=0)
    return w, b


# %% wrong="softmax_regression: the share is averaged in bfloat16; breaks: the share of right answers, seen with 1 of 3 right (0.33398)"
def predict(model, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The chances (n, classes) and the likeliest class (n,) of each row; nothing is recorded."""
    with torch.no_grad():
        scores = model(x)
        chances = nn.Softmax(dim=1)(scores)
    return chances, chances.argmax(dim=1)


def accuracy(classes: torch.Tensor, labels: torch.Tensor) -> float:
    """The share of right answers, as a number."""
    return (classes == labels).bfloat16().mean().item()


def fit_softmax(x, labels, classes: int, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features, classes) and biases (classes,) after so many steps from zeros."""
    w, b = torch.zeros(x.shape[1], classes, dtype=x.dtype), torch.zeros(classes, dtype=x.dtype)
    truth = F.one_hot(labels, classes)
    for _ in range(steps):
        d = (torch.softmax(x @ w + b, dim=1) - truth) / len(x)
        w, b = w - lr * x.T @ d, b - lr * d.sum(dim=0)
    return w, b


# %% wrong="softmax_regression: a small step after each row; breaks: gradient descent on the mean over all rows, seen with two rows"
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
        for row, label in zip(x, labels):
            d = torch.softmax(row @ w + b, dim=0)
            d[label] -= 1
            w -= lr / len(x) * torch.outer(row, d)
            b -= lr / len(x) * d
    return w, b


# %% wrong="softmax_regression: the slope of the biases is divided by n twice; breaks: it is the sum of the rows of D, seen with two rows"
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
        d = (torch.softmax(x @ w + b, dim=1) - F.one_hot(labels, classes)) / len(x)
        w, b = w - lr * x.T @ d, b - lr * d.mean(dim=0)
    return w, b


# %% wrong="softmax_regression: momentum of 0.9 as in other lessons; breaks: so many steps of gradient descent, seen from the second step on"
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
    opt = torch.optim.SGD([w, b], lr=lr, momentum=0.9)
    for _ in range(steps):
        opt.zero_grad()
        F.cross_entropy(x @ w + b, labels).backward()
        opt.step()
    return w.detach(), b.detach()


# %% right="hints: the hints of functions are quoted words, read only when somebody asks for them"
Losses = list[float]


def how_many(thing: "Any") -> "int":
    """How many entries anything has: a tensor, a list, a number (which has one)."""
    return thing.numel() if isinstance(thing, torch.Tensor) else len(thing) if hasattr(thing, "__len__") else 1


def joined(*losses: "float") -> "Losses":
    """The losses, each given as an argument of its own, as a list of floats."""
    return list(losses)


def last_loss(log: "Losses | dict[int, float]") -> "float":
    """The last loss (a float) of a log that is either a list of losses or a dictionary from epochs to losses."""
    return (list(log.values()) if isinstance(log, dict) else log)[-1]


# %% right="hints: the bar, with the dictionary first, and the alias written out elsewhere"
Losses = list[float]


def how_many(thing: Any) -> int:
    """How many entries anything has: a tensor, a list, a number (which has one)."""
    return thing.numel() if isinstance(thing, torch.Tensor) else len(thing) if hasattr(thing, "__len__") else 1


def joined(*losses: float) -> list[float]:
    """The losses, each given as an argument of its own, as a list of floats."""
    return list(losses)


def last_loss(log: dict[int, float] | list[float]) -> float:
    """The last loss (a float) of a log that is either a list of losses or a dictionary from epochs to losses."""
    return (list(log.values()) if isinstance(log, dict) else log)[-1]


# %% right="hints: a union inside a union, which is the same union"
Losses = list[float]


def how_many(thing: Any) -> int:
    """How many entries anything has: a tensor, a list, a number (which has one)."""
    return thing.numel() if isinstance(thing, torch.Tensor) else len(thing) if hasattr(thing, "__len__") else 1


def joined(*losses: float) -> Losses:
    """The losses, each given as an argument of its own, as a list of floats."""
    return list(losses)


def last_loss(log: Union[Losses, Union[dict[int, float], Losses]]) -> float:
    """The last loss (a float) of a log that is either a list of losses or a dictionary from epochs to losses."""
    return (list(log.values()) if isinstance(log, dict) else log)[-1]


# %% wrong="hints: each of the arguments is said to be a list; breaks: the hint of *losses is that of each argument, a float"
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


# %% wrong="hints: keys and values swapped; breaks: a dictionary from epochs to losses"
Losses = list[float]


def how_many(thing: Any) -> int:
    """How many entries anything has: a tensor, a list, a number (which has one)."""
    return thing.numel() if isinstance(thing, torch.Tensor) else len(thing) if hasattr(thing, "__len__") else 1


def joined(*losses: float) -> Losses:
    """The losses, each given as an argument of its own, as a list of floats."""
    return list(losses)


def last_loss(log: Union[Losses, dict[float, int]]) -> float:
    """The last loss (a float) of a log that is either a list of losses or a dictionary from epochs to losses."""
    return (list(log.values()) if isinstance(log, dict) else log)[-1]


# %% wrong="hints: the alias says list and not of what; breaks: a list of floats, seen in the return of joined"
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


# %% wrong="hints: says that what went in as a tuple comes out as a tuple; breaks: joined returns a list of floats"
Losses = list[float]


def how_many(thing: Any) -> int:
    """How many entries anything has: a tensor, a list, a number (which has one)."""
    return thing.numel() if isinstance(thing, torch.Tensor) else len(thing) if hasattr(thing, "__len__") else 1


def joined(*losses: float) -> tuple[float, ...]:
    """The losses, each given as an argument of its own, as a list of floats."""
    return list(losses)


def last_loss(log: Union[Losses, dict[int, float]]) -> float:
    """The last loss (a float) of a log that is either a list of losses or a dictionary from epochs to losses."""
    return (list(log.values()) if isinstance(log, dict) else log)[-1]


# %% wrong="hints: a list of losses for each epoch; breaks: a dictionary from epochs to losses, whose values are floats"
Losses = list[float]


def how_many(thing: Any) -> int:
    """How many entries anything has: a tensor, a list, a number (which has one)."""
    return thing.numel() if isinstance(thing, torch.Tensor) else len(thing) if hasattr(thing, "__len__") else 1


def joined(*losses: float) -> Losses:
    """The losses, each given as an argument of its own, as a list of floats."""
    return list(losses)


def last_loss(log: Losses | dict[int, Losses]) -> float:
    """The last loss (a float) of a log that is either a list of losses or a dictionary from epochs to losses."""
    return (list(log.values()) if isinstance(log, dict) else log)[-1]


# %% right="bends: heaviside, the slope of the sigmoid read at -x, one over cosh squared, a threshold"
class ReLU:
    """The larger of x and 0, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return x * (x > 0)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return (np.heaviside(x, 0)).astype(x.dtype)


class Sigmoid:
    """The logistic sigmoid, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return 1 / (np.expm1(-x) + 2)

    def slope(self, x: np.ndarray) -> np.ndarray:
        y = self(-x)
        return y * (1 - y)


class Tanh:
    """The hyperbolic tangent, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return np.tanh(x)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return 1 / np.cosh(x) ** 2


class ReLULayer(nn.Module):
    """ReLU as a layer without parameters."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.threshold(x, 0, 0)


# %% right="bends: signs in place of comparisons, and tanh as a product of two sums"
class ReLU:
    """The larger of x and 0, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return x * (0.5 + 0.5 * np.sign(x))

    def slope(self, x: np.ndarray) -> np.ndarray:
        return (np.sign(x) == 1).astype(x.dtype)


class Sigmoid:
    """The logistic sigmoid, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-x))

    def slope(self, x: np.ndarray) -> np.ndarray:
        y = self(x)
        return y * (self(-x))


class Tanh:
    """The hyperbolic tangent, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return np.tanh(x)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return (1 - np.tanh(x)) * (1 + np.tanh(x))


class ReLULayer(nn.Module):
    """ReLU as a layer without parameters."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.maximum(x, torch.zeros_like(x))


# %% right="bends: not below or at zero, logaddexp inside the sigmoid, where for the layer"
class ReLU:
    """The larger of x and 0, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return x * (np.logical_not(x <= 0))

    def slope(self, x: np.ndarray) -> np.ndarray:
        return (np.minimum(x, 0) != x).astype(x.dtype)


class Sigmoid:
    """The logistic sigmoid, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return 1 / (np.exp(np.logaddexp(np.zeros_like(x), -x)))

    def slope(self, x: np.ndarray) -> np.ndarray:
        y = self(x)
        return y * (1 - y)


class Tanh:
    """The hyperbolic tangent, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return np.tanh(x)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return np.square(1 / np.cosh(x))


class ReLULayer(nn.Module):
    """ReLU as a layer without parameters."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.where(x > 0, x, torch.zeros_like(x))


# %% wrong="bends: the square sits inside the tanh; breaks: the slope 1 - tanh^2 x, seen at 2"
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
        return 1 - np.tanh(x**2)


class ReLULayer(nn.Module):
    """ReLU as a layer without parameters."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(x)


# %% wrong="bends: the exponential is computed in double for safety; breaks: returns arrays of the same type, seen with float32"
class ReLU:
    """The larger of x and 0, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return x * (x > 0)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return (x > 0).astype(x.dtype)


class Sigmoid:
    """The logistic sigmoid, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-x, dtype=np.float64))

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
        return torch.relu(x)


# %% wrong="bends: the absolute value keeps the power small; breaks: the formula of the sigmoid, seen below 0 (always above one half)"
class ReLU:
    """The larger of x and 0, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return x * (x > 0)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return (x > 0).astype(x.dtype)


class Sigmoid:
    """The logistic sigmoid, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-np.abs(x)))

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
        return torch.relu(x)


# %% wrong="bends: the comparison overwrites x; breaks: leaves its inputs unchanged, seen with an array that has negative numbers"
class ReLU:
    """The larger of x and 0, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return x * (np.maximum(x, 0, out=x) > 0)

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
        return torch.relu(x)


# %% wrong="bends: the layer ends at 6 as ReLU6 does; breaks: the larger of each entry and 0, seen with 10"
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
        return torch.clamp(x, 0, 6)


# %% wrong="bends: the slope grows from 0 to 1 between these inputs; breaks: slope 1 above zero, seen with 0.5"
class ReLU:
    """The larger of x and 0, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return x * (x > 0)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return (np.clip(x, 0, 1)).astype(x.dtype)


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
        return torch.relu(x)


# %% right="smooth: an own copy changed below zero, channels moved to the end, erfc, and a hyperbolic tangent as the sigmoid"
def leaky_relu(x: torch.Tensor, alpha: float) -> torch.Tensor:
    """x above zero, alpha x below; alpha is any number."""
    bent = x.clone()
    below = x < 0
    bent[below] = alpha * x[below]
    return bent


class PReLU(nn.Module):
    """Leaky ReLU with a learnt alpha for each channel."""

    def __init__(self, channels: int, start: float = 0.25):
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels,), float(start)))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        last = x.movedim(1, -1)
        return torch.where(last < 0, self.weight * last, last).movedim(-1, 1)


def gelu(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of GELU at x, and its slopes."""
    share = torch.erfc(-x * math.sqrt(0.5)) * 0.5
    density = (-0.5 * x.square()).exp().div(math.sqrt(math.tau))
    return x.mul(share), torch.addcmul(share, x, density)


def swish(x: torch.Tensor, beta: float = 1.0) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of swish at x, and its slopes."""
    s = (torch.tanh(x * beta / 2) + 1) / 2
    value = x * s
    return value, s + beta * value * (1 - s)


# %% right="smooth: PReLU is a stack of leaky channels, the normal distribution function from torch.special"
def leaky_relu(x: torch.Tensor, alpha: float) -> torch.Tensor:
    """x above zero, alpha x below; alpha is any number."""
    return torch.where(x > 0, x, alpha * x)


class PReLU(nn.Module):
    """Leaky ReLU with a learnt alpha for each channel."""

    def __init__(self, channels: int, start: float = 0.25):
        super().__init__()
        alphas = np.repeat(float(start), channels)
        self.weight = nn.Parameter(torch.tensor(alphas, dtype=torch.float32))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.stack([leaky_relu(part, alpha) for part, alpha in zip(x.unbind(1), self.weight)], dim=1)


def gelu(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of GELU at x, and its slopes."""
    share = torch.special.ndtr(x)
    density = torch.exp(-(x**2) / 2 - math.log(2 * math.pi) / 2)
    return x * share, share + x * density


def swish(x: torch.Tensor, beta: float = 1.0) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of swish at x, and its slopes."""
    s, rest = torch.sigmoid(beta * x), torch.sigmoid(-beta * x)
    return s * x, s * (1 + beta * x * rest)


# %% right="smooth: factors in place of branches, each entry times 1 or alpha; the sigmoid by logaddexp"
def leaky_relu(x: torch.Tensor, alpha: float) -> torch.Tensor:
    """x above zero, alpha x below; alpha is any number."""
    above = (x > 0).to(x.dtype)
    return x * (above + alpha * (1 - above))


class PReLU(nn.Module):
    """Leaky ReLU with a learnt alpha for each channel."""

    def __init__(self, channels: int, start: float = 0.25):
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels,), float(start)))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        shape = [1] * x.ndim
        shape[1] = len(self.weight)
        above = (x > 0).to(x.dtype)
        return x * (above + self.weight.view(shape) * (1 - above))


def gelu(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of GELU at x, and its slopes."""
    share = (1 + torch.erf(x / math.sqrt(2))) / 2
    density = torch.exp(-x * x / 2) / math.sqrt(2 * math.pi)
    return x * share, share + x * density


def swish(x: torch.Tensor, beta: float = 1.0) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of swish at x, and its slopes."""
    s = torch.exp(-torch.logaddexp(torch.zeros_like(x), -beta * x))
    return x * s, s + (beta * s - beta * s**2) * x


# %% wrong="smooth: the sign of alpha is lost; breaks: alpha is any number, seen with alpha -0.5 below zero"
def leaky_relu(x: torch.Tensor, alpha: float) -> torch.Tensor:
    """x above zero, alpha x below; alpha is any number."""
    return x.clamp(min=0) - abs(alpha) * (-x).clamp(min=0)


class PReLU(nn.Module):
    """Leaky ReLU with a learnt alpha for each channel."""

    def __init__(self, channels: int, start: float = 0.25):
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels,), float(start)))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        alphas = self.weight.reshape(-1, *(x.ndim - 2) * [1])
        return torch.where(x > 0, x, alphas * x)


def gelu(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of GELU at x, and its slopes."""
    share = (1 + torch.erf(x / math.sqrt(2))) / 2
    density = torch.exp(-x * x / 2) / math.sqrt(2 * math.pi)
    return x * share, share + x * density


def swish(x: torch.Tensor, beta: float = 1.0) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of swish at x, and its slopes."""
    s = torch.sigmoid(beta * x)
    return x * s, s + beta * x * s * (1 - s)


# %% wrong="smooth: knows two axes and four; breaks: channels are axis 1 with any more axes, seen with (batch, channels, length)"
def leaky_relu(x: torch.Tensor, alpha: float) -> torch.Tensor:
    """x above zero, alpha x below; alpha is any number."""
    return torch.where(x > 0, x, alpha * x)


class PReLU(nn.Module):
    """Leaky ReLU with a learnt alpha for each channel."""

    def __init__(self, channels: int, start: float = 0.25):
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels,), float(start)))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        shape = (1, -1, 1, 1) if x.ndim == 4 else (1, -1)
        return torch.where(x > 0, x, self.weight.view(shape) * x)


def gelu(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of GELU at x, and its slopes."""
    share = (1 + torch.erf(x / math.sqrt(2))) / 2
    density = torch.exp(-x * x / 2) / math.sqrt(2 * math.pi)
    return x * share, share + x * density


def swish(x: torch.Tensor, beta: float = 1.0) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of swish at x, and its slopes."""
    s = torch.sigmoid(beta * x)
    return x * s, s + beta * x * s * (1 - s)


# %% wrong="smooth: the quick GELU by a sigmoid of 1.702 x, right at 0; breaks: gelu(x) = x Phi(x), seen at 1 and at 2"
def leaky_relu(x: torch.Tensor, alpha: float) -> torch.Tensor:
    """x above zero, alpha x below; alpha is any number."""
    return torch.where(x > 0, x, alpha * x)


class PReLU(nn.Module):
    """Leaky ReLU with a learnt alpha for each channel."""

    def __init__(self, channels: int, start: float = 0.25):
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels,), float(start)))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        alphas = self.weight.reshape(-1, *(x.ndim - 2) * [1])
        return torch.where(x > 0, x, alphas * x)


def gelu(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of GELU at x, and its slopes."""
    s = torch.sigmoid(1.702 * x)
    return x * s, s + 1.702 * x * s * (1 - s)


def swish(x: torch.Tensor, beta: float = 1.0) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of swish at x, and its slopes."""
    s = torch.sigmoid(beta * x)
    return x * s, s + beta * x * s * (1 - s)


# %% wrong="smooth: the identity y + s (1 - y), which is known for beta 1; breaks: the slope by the product rule, seen with beta 2"
def leaky_relu(x: torch.Tensor, alpha: float) -> torch.Tensor:
    """x above zero, alpha x below; alpha is any number."""
    return torch.where(x > 0, x, alpha * x)


class PReLU(nn.Module):
    """Leaky ReLU with a learnt alpha for each channel."""

    def __init__(self, channels: int, start: float = 0.25):
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels,), float(start)))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        alphas = self.weight.reshape(-1, *(x.ndim - 2) * [1])
        return torch.where(x > 0, x, alphas * x)


def gelu(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of GELU at x, and its slopes."""
    share = (1 + torch.erf(x / math.sqrt(2))) / 2
    density = torch.exp(-x * x / 2) / math.sqrt(2 * math.pi)
    return x * share, share + x * density


def swish(x: torch.Tensor, beta: float = 1.0) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of swish at x, and its slopes."""
    s = torch.sigmoid(beta * x)
    y = x * s
    return y, y + s * (1 - y)


# %% wrong="smooth: all channels are one number in memory; breaks: weight has one number a channel, seen when the numbers are set (copy_ raises) or learnt"
def leaky_relu(x: torch.Tensor, alpha: float) -> torch.Tensor:
    """x above zero, alpha x below; alpha is any number."""
    return torch.where(x > 0, x, alpha * x)


class PReLU(nn.Module):
    """Leaky ReLU with a learnt alpha for each channel."""

    def __init__(self, channels: int, start: float = 0.25):
        super().__init__()
        self.weight = nn.Parameter(torch.tensor(float(start)).expand(channels))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        alphas = self.weight.reshape(-1, *(x.ndim - 2) * [1])
        return torch.where(x > 0, x, alphas * x)


def gelu(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of GELU at x, and its slopes."""
    share = (1 + torch.erf(x / math.sqrt(2))) / 2
    density = torch.exp(-x * x / 2) / math.sqrt(2 * math.pi)
    return x * share, share + x * density


def swish(x: torch.Tensor, beta: float = 1.0) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of swish at x, and its slopes."""
    s = torch.sigmoid(beta * x)
    return x * s, s + beta * x * s * (1 - s)


# %% wrong="smooth: the share is differentiated as if it were a sigmoid; breaks: the slope needs the normal density, seen at 1 though not at 0"
def leaky_relu(x: torch.Tensor, alpha: float) -> torch.Tensor:
    """x above zero, alpha x below; alpha is any number."""
    return torch.where(x > 0, x, alpha * x)


class PReLU(nn.Module):
    """Leaky ReLU with a learnt alpha for each channel."""

    def __init__(self, channels: int, start: float = 0.25):
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels,), float(start)))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        alphas = self.weight.reshape(-1, *(x.ndim - 2) * [1])
        return torch.where(x > 0, x, alphas * x)


def gelu(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of GELU at x, and its slopes."""
    share = (1 + torch.erf(x / math.sqrt(2))) / 2
    slope = share + x * share * (1 - share)
    return x * share, slope


def swish(x: torch.Tensor, beta: float = 1.0) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of swish at x, and its slopes."""
    s = torch.sigmoid(beta * x)
    return x * s, s + beta * x * s * (1 - s)


# %% right="broken_line: walks from the right end to the left: units that look to the left, and the last value as the bias"
def broken_line(knots: torch.Tensor, values: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The weights w1, b1, w2, b2 of a net of ReLUs that passes through all the points."""
    slopes = values.diff() / knots.diff()
    w2 = torch.cat([slopes.diff(), -slopes[-1:]])
    return -torch.ones_like(w2), knots[1:].clone(), w2, values[-1].clone()


# %% right="broken_line: every unit is scaled so that it is 1 at the next knot; the changes are collected in a loop of numbers"
def broken_line(knots: torch.Tensor, values: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The weights w1, b1, w2, b2 of a net of ReLUs that passes through all the points."""
    places, heights = knots.tolist(), values.tolist()
    w1, b1, w2, before = [], [], [], 0.0
    for left, there, low, high in zip(places, places[1:], heights, heights[1:]):
        gap = there - left
        slope = (high - low) / gap
        w1.append(1 / gap)
        b1.append(-left / gap)
        w2.append((slope - before) * gap)
        before = slope
    return *(torch.tensor(part, dtype=knots.dtype) for part in (w1, b1, w2)), values[0].clone()


# %% right="broken_line: solves the triangular system of what the units say at the knots, in float64"
def broken_line(knots: torch.Tensor, values: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The weights w1, b1, w2, b2 of a net of ReLUs that passes through all the points."""
    at = knots.double()
    table = torch.cat([torch.ones(len(at), 1, dtype=at.dtype), (at[:, None] - at[:-1]).clamp(min=0)], dim=1)
    answer = torch.linalg.solve_triangular(table, values.double()[:, None], upper=False).squeeze(1)
    b2, w2 = answer[0].to(values.dtype), answer[1:].to(values.dtype)
    return torch.ones_like(w2), -knots[:-1], w2, b2


# %% wrong="broken_line: each change is taken against the first slope, not the one before; breaks: passes through all points, seen from four knots on"
def broken_line(knots: torch.Tensor, values: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The weights w1, b1, w2, b2 of a net of ReLUs that passes through all the points."""
    slopes = values.diff() / knots.diff()
    w2 = slopes - slopes[0]
    w2[0] = slopes[0]
    return torch.ones_like(w2), -knots[:-1], w2, values[0].clone()


# %% wrong="broken_line: the ones are float32 whatever comes in; breaks: returns tensors of the same type, seen with float64 knots"
def broken_line(knots: torch.Tensor, values: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The weights w1, b1, w2, b2 of a net of ReLUs that passes through all the points."""
    slopes = values.diff() / knots.diff()
    w2 = torch.cat([slopes[:1], slopes.diff()])
    return torch.ones(len(w2)), -knots[:-1], w2, values[0].clone()


# %% wrong="broken_line: slopes are rounded down to whole numbers; breaks: joins the points, seen with values 0 and 1 at the knots 0 and 2"
def broken_line(knots: torch.Tensor, values: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The weights w1, b1, w2, b2 of a net of ReLUs that passes through all the points."""
    slopes = values.diff() // knots.diff()
    w2 = torch.cat([slopes[:1], slopes.diff()])
    return torch.ones_like(w2), -knots[:-1], w2, values[0].clone()


# %% wrong="broken_line: guards against a division by zero with a gap of at least 1; breaks: joins the points, seen with the knots 0, 0.5, 1"
def broken_line(knots: torch.Tensor, values: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The weights w1, b1, w2, b2 of a net of ReLUs that passes through all the points."""
    slopes = values.diff() / knots.diff().clamp(min=1.0)
    w2 = torch.cat([slopes[:1], slopes.diff()])
    return torch.ones_like(w2), -knots[:-1], w2, values[0].clone()


# %% wrong="broken_line: throws away units whose corner is gentle; breaks: passes through all points, seen with slopes 1 and 1.05"
def broken_line(knots: torch.Tensor, values: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The weights w1, b1, w2, b2 of a net of ReLUs that passes through all the points."""
    slopes = values.diff() / knots.diff()
    w2 = torch.cat([slopes[:1], slopes.diff()])
    kept = w2.abs() > 0.1
    return torch.ones_like(w2[kept]), -knots[:-1][kept], w2[kept], values[0].clone()


# %% wrong="broken_line: takes knots for distances from 0; breaks: knots that increase may be negative, seen with the knots -2, -1, 1"
def broken_line(knots: torch.Tensor, values: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The weights w1, b1, w2, b2 of a net of ReLUs that passes through all the points."""
    slopes = values.diff() / knots.diff()
    w2 = torch.cat([slopes[:1], slopes.diff()])
    return torch.ones_like(w2), -knots[:-1].abs(), w2, values[0].clone()


# %% right="starts: limits from an unpacked pair, the bound of the convolution by hand from the sizes of its weight, a lambda for apply"
def xavier(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Xavier's uniform weights, of shape (fan_in, fan_out)."""
    limit = np.sqrt(6 / (fan_in + fan_out))
    return generator.uniform(*(-limit, limit), (fan_in, fan_out))


def kaiming(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Kaiming's normal weights, of shape (fan_in, fan_out)."""
    return generator.normal(0, math.sqrt(2.0) * fan_in**-0.5, (fan_in, fan_out))


def start_conv(conv: nn.Conv2d) -> None:
    """Xavier's uniform start for the weight of a convolution, in place; its bias is zero."""
    nn.init.uniform_(
        conv.weight, *(side * math.sqrt(6 / (conv.weight[0].numel() + conv.weight[:, 0].numel())) for side in (-1, 1))
    )
    nn.init.zeros_(conv.bias)


def start_all(net: nn.Module) -> None:
    """Kaiming's normal start for every linear layer and convolution in the net, in place, with biases of zero."""

    def start(layer: nn.Module) -> None:
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)

    net.apply(lambda layer: start(layer))


# %% right="starts: every kind of convolution by the class that they share, the two fans averaged"
def xavier(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Xavier's uniform weights, of shape (fan_in, fan_out)."""
    limit = np.sqrt(3 / ((fan_in + fan_out) / 2))
    return generator.uniform(-limit, limit, (fan_in, fan_out))


def kaiming(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Kaiming's normal weights, of shape (fan_in, fan_out)."""
    return generator.normal(0, 1 / np.sqrt(fan_in / 2), (fan_in, fan_out))


def start_conv(conv: nn.Conv2d) -> None:
    """Xavier's uniform start for the weight of a convolution, in place; its bias is zero."""
    nn.init.xavier_uniform_(conv.weight)
    nn.init.zeros_(conv.bias)


def start_all(net: nn.Module) -> None:
    """Kaiming's normal start for every linear layer and convolution in the net, in place, with biases of zero."""

    def start(layer: nn.Module) -> None:
        if isinstance(layer, (nn.Linear, nn.modules.conv._ConvNd)):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)

    net.apply(fn=start)


# %% right="starts: a tuple of convolutions inside the tuple of classes, parameters by their names"
def xavier(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Xavier's uniform weights, of shape (fan_in, fan_out)."""
    limit = np.sqrt(2 * 3 * (fan_in + fan_out) ** -1.0)
    return generator.uniform(0 - limit, 0 + limit, (fan_in, fan_out))


def kaiming(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Kaiming's normal weights, of shape (fan_in, fan_out)."""
    return generator.normal(0, np.sqrt(2) / np.sqrt(fan_in), (fan_in, fan_out))


def start_conv(conv: nn.Conv2d) -> None:
    """Xavier's uniform start for the weight of a convolution, in place; its bias is zero."""
    nn.init.xavier_uniform_(tensor=conv.weight, gain=nn.init.calculate_gain("conv2d"))
    nn.init.zeros_(conv.get_parameter("bias"))


def start_all(net: nn.Module) -> None:
    """Kaiming's normal start for every linear layer and convolution in the net, in place, with biases of zero."""

    def start(layer: nn.Module) -> None:
        if isinstance(layer, ((nn.Conv1d, nn.Conv2d, nn.Conv3d), nn.Linear)):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)

    net.apply(start)


# %% wrong="starts: xavier looks backwards only; breaks: r has the sum of both fans, seen with unequal fans"
def xavier(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Xavier's uniform weights, of shape (fan_in, fan_out)."""
    limit = np.sqrt(6 / (fan_out + fan_out))
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

    net.apply(start)


# %% wrong="starts: kaiming takes the bound of the uniform form for a standard deviation; breaks: the variance is 2 / fan_in, seen in the spread of many"
def xavier(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Xavier's uniform weights, of shape (fan_in, fan_out)."""
    limit = np.sqrt(6 / (fan_in + fan_out))
    return generator.uniform(-limit, limit, (fan_in, fan_out))


def kaiming(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Kaiming's normal weights, of shape (fan_in, fan_out)."""
    return generator.normal(0, np.sqrt(6 / fan_in), (fan_in, fan_out))


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


# %% wrong="starts: start_all knows the convolutions of sounds, not those of pictures; breaks: every convolution in the net, seen with a Conv2d"
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
        if isinstance(layer, (nn.Linear, nn.Conv1d)):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)

    net.apply(start)


# %% wrong="starts: the kernel is flattened into the inputs before the start; breaks: in a convolution both fans count the places of the kernel, seen in the largest entry"
def xavier(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Xavier's uniform weights, of shape (fan_in, fan_out)."""
    limit = np.sqrt(6 / (fan_in + fan_out))
    return generator.uniform(-limit, limit, (fan_in, fan_out))


def kaiming(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Kaiming's normal weights, of shape (fan_in, fan_out)."""
    return generator.normal(0, np.sqrt(2 / fan_in), (fan_in, fan_out))


def start_conv(conv: nn.Conv2d) -> None:
    """Xavier's uniform start for the weight of a convolution, in place; its bias is zero."""
    nn.init.xavier_uniform_(conv.weight.data.flatten(1))
    nn.init.zeros_(conv.bias)


def start_all(net: nn.Module) -> None:
    """Kaiming's normal start for every linear layer and convolution in the net, in place, with biases of zero."""

    def start(layer: nn.Module) -> None:
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)

    net.apply(start)


# %% right="parts: layers are set as attributes called 0, 1 and so on, the table is read from the dictionary of the object"
class Linear(nn.Module):
    """x times the transposed weight, plus the bias; x is (batch, in_features)."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        limit = in_features**-0.5
        rows = torch.empty(size=(out_features, in_features))
        self.weight = nn.Parameter(rows.uniform_(-limit, limit))
        self.bias = nn.Parameter(torch.empty(out_features).uniform_(-limit, limit))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        columns = torch.transpose(self.weight, 0, 1)
        return x @ columns + self.bias


class Sequential(nn.Module):
    """Calls its layers one after the other."""

    def __init__(self, *layers: nn.Module):
        super().__init__()
        for number, layer in enumerate(layers):
            self.__setattr__(f"{number}", layer)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.__dict__["_modules"].values():
            x = layer(x)
        return x


# %% right="parts: permuted axes, a bias of one row, and register_module, the other name of add_module"
class Linear(nn.Module):
    """x times the transposed weight, plus the bias; x is (batch, in_features)."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        limit = np.reciprocal(np.sqrt(float(in_features))).item()
        rows = torch.empty([out_features, in_features])
        self.weight = nn.parameter.Parameter(rows.uniform_(-limit, limit))
        self.bias = nn.Parameter(torch.empty(out_features).uniform_(-limit, limit))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        columns = torch.permute(self.weight, (1, 0))
        return x @ columns + self.bias.unsqueeze(0)


class Sequential(nn.Module):
    """Calls its layers one after the other."""

    def __init__(self, *layers: nn.Module):
        super().__init__()
        for number, layer in enumerate(layers):
            self.register_module(repr(number), layer)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self._modules.values():
            x = layer.__call__(x)
        return x


# %% right="parts: one matrix per unit stacked again by einsum with one operand, a copy of the table of modules"
class Linear(nn.Module):
    """x times the transposed weight, plus the bias; x is (batch, in_features)."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        limit = math.exp(-math.log(in_features) / 2)
        rows = torch.empty(out_features, in_features)
        self.weight = nn.Parameter(rows.uniform_(-limit, limit))
        self.bias = nn.Parameter(torch.empty(out_features).uniform_(-limit, limit))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        columns = (lambda table, words: torch.einsum(words, table))(self.weight, "oi->io")
        return x @ columns + self.bias.expand(len(x), -1)


class Sequential(nn.Module):
    """Calls its layers one after the other."""

    def __init__(self, *layers: nn.Module):
        super().__init__()
        for number, layer in enumerate(layers):
            self.add_module("%d" % number, layer)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self._modules.copy().values():
            x = layer(x)
        return x


# %% wrong="parts: the bound gives a standard deviation of 1/sqrt(d); breaks: uniformly between -1/sqrt(d) and 1/sqrt(d), seen in the largest entry"
class Linear(nn.Module):
    """x times the transposed weight, plus the bias; x is (batch, in_features)."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        limit = math.sqrt(3 / in_features)
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
        for layer in self._modules.values():
            x = layer(x)
        return x


# %% wrong="parts: starts by Xavier's bound; breaks: uniformly between -1/sqrt(d) and 1/sqrt(d), seen in the largest entry of a wide layer"
class Linear(nn.Module):
    """x times the transposed weight, plus the bias; x is (batch, in_features)."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        limit = math.sqrt(6 / (in_features + out_features))
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
        for layer in self._modules.values():
            x = layer(x)
        return x


# %% wrong="parts: numbers have two digits so that they sort; breaks: the layers get the names 0, 1 as in PyTorch, seen in state_dict"
class Linear(nn.Module):
    """x times the transposed weight, plus the bias; x is (batch, in_features)."""

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
    """Calls its layers one after the other."""

    def __init__(self, *layers: nn.Module):
        super().__init__()
        for number, layer in enumerate(layers):
            self.add_module(f"{number:02d}", layer)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self._modules.values():
            x = layer(x)
        return x


# %% wrong="parts: goes through its own parameters, of which it has none, so x comes out; breaks: calls its layers one after the other, seen with any layer"
class Linear(nn.Module):
    """x times the transposed weight, plus the bias; x is (batch, in_features)."""

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
    """Calls its layers one after the other."""

    def __init__(self, *layers: nn.Module):
        super().__init__()
        for number, layer in enumerate(layers):
            self.add_module(str(number), layer)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self._parameters.values():
            x = layer(x)
        return x


# %% wrong="parts: every unit gets the bias of the first; breaks: plus the bias, seen with two units"
class Linear(nn.Module):
    """x times the transposed weight, plus the bias; x is (batch, in_features)."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        limit = 1 / math.sqrt(in_features)
        rows = torch.empty(out_features, in_features)
        self.weight = nn.Parameter(rows.uniform_(-limit, limit))
        self.bias = nn.Parameter(torch.empty(out_features).uniform_(-limit, limit))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        columns = rearrange(self.weight, "row col -> col row")
        return x @ columns + self.bias[0]


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


# %% wrong="parts: the weight is reshaped, not transposed; breaks: x times the transposed weight, seen with two units and two inputs"
class Linear(nn.Module):
    """x times the transposed weight, plus the bias; x is (batch, in_features)."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        limit = 1 / math.sqrt(in_features)
        rows = torch.empty(out_features, in_features)
        self.weight = nn.Parameter(rows.uniform_(-limit, limit))
        self.bias = nn.Parameter(torch.empty(out_features).uniform_(-limit, limit))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        columns = torch.reshape(self.weight, self.weight.shape[::-1])
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


# %% right="shelf: the bends as module objects, the sigmoid from torch.special, only the last two axes are flattened"
def bent_range() -> tuple[torch.Tensor, torch.Tensor]:
    """ReLU and GELU of the numbers −2, −1, 0, 1, 2."""
    from torch.nn import GELU

    x = torch.arange(-2, 3)
    return nn.ReLU()(x), GELU()(x.float())


class Dense(nn.Module):
    """A linear layer with a sigmoid."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.special.expit(self.linear(x))


class DigitNet(nn.Module):
    """Flattens pictures and reads them with two hidden layers."""

    def __init__(self, width: int):
        super().__init__()
        self.flatten = nn.Flatten(start_dim=-2)
        self.stack = nn.Sequential(
            nn.Linear(in_features=784, out_features=width),
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
    layers["hidden"] = nn.Linear(28 * 28, 16)
    layers["bend"] = nn.ReLU()
    layers["out"] = nn.Linear(16, 10)
    return nn.Sequential(layers)


# %% right="shelf: imports the whole module of functions, sigmoid by a reciprocal, both parts put in a row at each call"
def bent_range() -> tuple[torch.Tensor, torch.Tensor]:
    """ReLU and GELU of the numbers −2, −1, 0, 1, 2."""
    from torch.nn.functional import elu, gelu

    x = torch.arange(start=-2, end=2 + 1)
    return x.clamp(min=0), gelu(x.float())


class Dense(nn.Module):
    """A linear layer with a sigmoid."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.reciprocal(1 + torch.exp(-self.linear(x)))


class DigitNet(nn.Module):
    """Flattens pictures and reads them with two hidden layers."""

    def __init__(self, width: int):
        super().__init__()
        self.flatten = nn.Flatten(1, 2)
        self.stack = nn.Sequential(
            nn.Linear(28 * 28, width),
            nn.modules.activation.ReLU(),
            nn.Linear(width, width),
            nn.ReLU(),
            nn.Linear(width, 10),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return nn.Sequential(self.flatten, self.stack)(x)


def named_net() -> nn.Module:
    """Pictures to ten scores by 16 hidden ReLUs; the layers are called flat, hidden, bend and out."""
    layers = OrderedDict()
    layers["flat"] = nn.Flatten()
    layers["hidden"] = nn.Linear(28 * 28, 16)
    layers["bend"] = nn.ReLU()
    layers["out"] = nn.Linear(16, 10)
    return nn.Sequential(layers)


# %% right="shelf: a sigmoid module called on the spot, the ordered dictionary begins as an empty list of pairs"
def bent_range() -> tuple[torch.Tensor, torch.Tensor]:
    """ReLU and GELU of the numbers −2, −1, 0, 1, 2."""
    from torch.nn.functional import gelu as soft

    x = torch.arange(-2, 3, 1)
    return x * (x > 0), soft(x.float())


class Dense(nn.Module):
    """A linear layer with a sigmoid."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.nn.Sigmoid()(self.linear(x))


class DigitNet(nn.Module):
    """Flattens pictures and reads them with two hidden layers."""

    def __init__(self, width: int):
        super().__init__()
        self.flatten = nn.Flatten(1, -1)
        self.stack = nn.Sequential(
            nn.Linear(28 * 28, width),
            nn.ReLU(),
            nn.Linear(width, width),
            nn.ReLU(),
            nn.Linear(width, 10),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.stack(input=self.flatten(x))


def named_net() -> nn.Module:
    """Pictures to ten scores by 16 hidden ReLUs; the layers are called flat, hidden, bend and out."""
    layers = (lambda: OrderedDict([]))()
    layers["flat"] = nn.Flatten()
    layers["hidden"] = nn.Linear(784, out_features=16)
    layers["bend"] = nn.ReLU()
    layers["out"] = nn.Linear(16, 10)
    return nn.Sequential(layers)


# %% wrong="shelf: an ordinary dictionary, which Sequential takes for a layer; breaks: named_net returns a module, seen at any call (TypeError)"
def bent_range() -> tuple[torch.Tensor, torch.Tensor]:
    """ReLU and GELU of the numbers −2, −1, 0, 1, 2."""
    from torch.nn.functional import gelu

    x = torch.arange(-2, 3)
    return torch.relu(x), gelu(x.float())


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
    layers = dict()
    layers["flat"] = nn.Flatten()
    layers["hidden"] = nn.Linear(28 * 28, 16)
    layers["bend"] = nn.ReLU()
    layers["out"] = nn.Linear(16, 10)
    return nn.Sequential(layers)


# %% wrong="shelf: the first bend of DigitNet ends at 6; breaks: two hidden layers of ReLUs, seen where a hidden number is above 6"
def bent_range() -> tuple[torch.Tensor, torch.Tensor]:
    """ReLU and GELU of the numbers −2, −1, 0, 1, 2."""
    from torch.nn.functional import gelu

    x = torch.arange(-2, 3)
    return torch.relu(x), gelu(x.float())


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
            nn.ReLU6(),
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
    layers["hidden"] = nn.Linear(28 * 28, 16)
    layers["bend"] = nn.ReLU()
    layers["out"] = nn.Linear(16, 10)
    return nn.Sequential(layers)


# %% wrong="shelf: the hidden layer of named_net reads one row of a picture; breaks: pictures to ten scores, seen with pictures (batch, 28, 28)"
def bent_range() -> tuple[torch.Tensor, torch.Tensor]:
    """ReLU and GELU of the numbers −2, −1, 0, 1, 2."""
    from torch.nn.functional import gelu

    x = torch.arange(-2, 3)
    return torch.relu(x), gelu(x.float())


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
    layers["hidden"] = nn.Linear(28, 16)
    layers["bend"] = nn.ReLU()
    layers["out"] = nn.Linear(16, 10)
    return nn.Sequential(layers)


# %% wrong="shelf: DigitNet hands out chances; breaks: returns ten scores a picture, seen with any weights"
def bent_range() -> tuple[torch.Tensor, torch.Tensor]:
    """ReLU and GELU of the numbers −2, −1, 0, 1, 2."""
    from torch.nn.functional import gelu

    x = torch.arange(-2, 3)
    return torch.relu(x), gelu(x.float())


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
    layers["hidden"] = nn.Linear(28 * 28, 16)
    layers["bend"] = nn.ReLU()
    layers["out"] = nn.Linear(16, 10)
    return nn.Sequential(layers)


# %% wrong="shelf: the hard sigmoid, made of straight lines; breaks: a linear layer with a sigmoid, seen at 1 (0.667 for 0.731)"
def bent_range() -> tuple[torch.Tensor, torch.Tensor]:
    """ReLU and GELU of the numbers −2, −1, 0, 1, 2."""
    from torch.nn.functional import gelu

    x = torch.arange(-2, 3)
    return torch.relu(x), gelu(x.float())


class Dense(nn.Module):
    """A linear layer with a sigmoid."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.hardsigmoid(self.linear(x))


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
    layers["hidden"] = nn.Linear(28 * 28, 16)
    layers["bend"] = nn.ReLU()
    layers["out"] = nn.Linear(16, 10)
    return nn.Sequential(layers)


# %% wrong="shelf: the second hidden layer is twice as wide; breaks: two hidden layers of width ReLUs, seen in the shapes of parameters"
def bent_range() -> tuple[torch.Tensor, torch.Tensor]:
    """ReLU and GELU of the numbers −2, −1, 0, 1, 2."""
    from torch.nn.functional import gelu

    x = torch.arange(-2, 3)
    return torch.relu(x), gelu(x.float())


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
            nn.Linear(width, 2 * width),
            nn.ReLU(),
            nn.Linear(2 * width, 10),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.stack(self.flatten(x))


def named_net() -> nn.Module:
    """Pictures to ten scores by 16 hidden ReLUs; the layers are called flat, hidden, bend and out."""
    layers = OrderedDict()
    layers["flat"] = nn.Flatten()
    layers["hidden"] = nn.Linear(28 * 28, 16)
    layers["bend"] = nn.ReLU()
    layers["out"] = nn.Linear(16, 10)
    return nn.Sequential(layers)


# %% right="Module: one walk over all modules with a stack of its own serves names, states and modes"
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
        for table in (self._parameters, self._modules, self._plain):
            table.pop(name, None)
        self._buffers[name] = tensor

    def _walk(self, prefix=""):
        waiting = [(prefix, self)]
        while waiting:
            begin, module = waiting.pop()
            yield begin, module
            inside = [(f"{begin}{name}.", one) for name, one in module._modules.items()]
            waiting.extend(reversed(inside))

    def named_parameters(self, prefix=""):
        return ((begin + name, p) for begin, module in self._walk(prefix) for name, p in module._parameters.items())

    def parameters(self):
        return (parameter for _, parameter in self.named_parameters())

    def state_dict(self, prefix=""):
        state = OrderedDict()
        for begin, module in self._walk(prefix):
            for table in (module._parameters, module._buffers):
                for name, value in table.items():
                    state[begin + name] = value.detach()
        return state

    def train(self, mode=True):
        for _, module in self._walk():
            module._plain["training"] = mode
        return self

    def eval(self):
        self.train(mode=False)
        return self

    def add_hook(self, hook):
        self._hooks.append(hook)

    def __call__(self, *args, **kwargs):
        output = self.forward(*args, **kwargs)
        for hook in self._hooks:
            answer = hook(self, args, output)
            if answer is not None:
                output = answer
        return output


# %% right="Module: the table is chosen by a helper with early returns, lists are chained, the hooks call themselves one by one"
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

    def _table_for(self, name, value):
        if isinstance(value, Module):
            return self._modules
        if isinstance(value, nn.Parameter):
            return self._parameters
        if torch.is_tensor(value) and name in self._buffers:
            return self._buffers
        return self._plain

    def _put(self, table, name, value):
        for other in (self._parameters, self._buffers, self._modules, self._plain):
            if other is not table and name in other:
                del other[name]
        table[name] = value

    def __setattr__(self, name, value):
        self._put(self._table_for(name, value), name, value)

    def register_buffer(self, name, tensor):
        self._put(self._buffers, name, tensor)

    def named_parameters(self, prefix=""):
        own = [(prefix + name, p) for name, p in self._parameters.items()]
        inner = (module.named_parameters(prefix + name + ".") for name, module in self._modules.items())
        return itertools.chain(own, *inner)

    def parameters(self):
        return map(lambda pair: pair[1], self.named_parameters())

    def state_dict(self, prefix=""):
        state = {prefix + name: value.detach() for name, value in (self._parameters | self._buffers).items()}
        for name, module in self._modules.items():
            state.update(module.state_dict(f"{prefix}{name}."))
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

    def _after(self, args, output, number):
        if number == len(self._hooks):
            return output
        answer = self._hooks[number](self, args, output)
        return self._after(args, output if answer is None else answer, number + 1)

    def __call__(self, *args, **kwargs):
        return self._after(args, self.forward(*args, **kwargs), 0)


# %% right="Module: everything inside is collected under its name first, by match and by recursion on one dictionary"
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
        match value:
            case nn.Parameter():
                kind = "_parameters"
            case Module():
                kind = "_modules"
            case torch.Tensor() if name in self._buffers:
                kind = "_buffers"
            case _:
                kind = "_plain"
        for other in {"_parameters", "_modules", "_buffers", "_plain"} - {kind}:
            getattr(self, other).pop(name, None)
        getattr(self, kind).update({name: value})

    def register_buffer(self, name, tensor):
        for table in (self._parameters, self._modules, self._plain):
            table.pop(name, None)
        self._buffers[name] = tensor

    def _entries(self, prefix, kinds):
        found = {prefix + name: value for kind in kinds for name, value in getattr(self, kind).items()}
        for name, module in self._modules.items():
            found |= module._entries(f"{prefix}{name}.", kinds)
        return found

    def named_parameters(self, prefix=""):
        yield from self._entries(prefix, ["_parameters"]).items()

    def parameters(self):
        yield from self._entries("", ["_parameters"]).values()

    def state_dict(self, prefix=""):
        entries = self._entries(prefix, ["_parameters", "_buffers"])
        return {name: value.detach() for name, value in entries.items()}

    def train(self, mode=True):
        self.training = mode
        for module in self._modules.values():
            module.train(mode)
        return self

    def eval(self):
        return self.train(False)

    def add_hook(self, hook):
        self._hooks.append(hook)

    def __call__(self, *args, **kwargs):
        output = self.forward(*args, **kwargs)
        for hook in self._hooks:
            answer = hook(self, args, output)
            if answer is not None:
                output = answer
        return output


# %% wrong="Module: every hook gets what forward said, and the last answer wins; breaks: what a hook returns replaces the output, seen with plus one and then times three"
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
        for table in (self._parameters, self._modules, self._plain):
            table.pop(name, None)
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
        state = {prefix + name: value.detach() for name, value in (self._parameters | self._buffers).items()}
        for name, module in self._modules.items():
            state.update(module.state_dict(f"{prefix}{name}."))
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

    def __call__(self, *args, **kwargs):
        output = result = self.forward(*args, **kwargs)
        for hook in self._hooks:
            answer = hook(self, args, output)
            result = result if answer is None else answer
        return result


# %% wrong="Module: a hook's answer counts only if it is truthy; breaks: replaces the output unless it is None, seen with a hook that returns zero or a tensor of several entries"
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
        for table in (self._parameters, self._modules, self._plain):
            table.pop(name, None)
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
        state = {prefix + name: value.detach() for name, value in (self._parameters | self._buffers).items()}
        for name, module in self._modules.items():
            state.update(module.state_dict(f"{prefix}{name}."))
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

    def __call__(self, *args, **kwargs):
        output = self.forward(*args, **kwargs)
        for hook in self._hooks:
            output = hook(self, args, output) or output
        return output


# %% wrong="Module: the mode reaches the children and not their children; breaks: in all modules inside, seen with a module in a module in a module"
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
        for table in (self._parameters, self._modules, self._plain):
            table.pop(name, None)
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
        state = {prefix + name: value.detach() for name, value in (self._parameters | self._buffers).items()}
        for name, module in self._modules.items():
            state.update(module.state_dict(f"{prefix}{name}."))
        return state

    def train(self, mode=True):
        for module in (self, *self._modules.values()):
            module.training = mode
        return self

    def eval(self):
        return self.train(False)

    def add_hook(self, hook):
        self._hooks.append(hook)

    def __call__(self, *args, **kwargs):
        output = self.forward(*args, **kwargs)
        for hook in self._hooks:
            answer = hook(self, args, output)
            if answer is not None:
                output = answer
        return output


# %% wrong="Module: a new value is copied into the old buffer's memory; breaks: leaves its inputs unchanged and becomes the buffer's new value, seen with the tensor that was registered (it changes) and with a value of another shape"
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
        if isinstance(value, torch.Tensor) and not isinstance(value, nn.Parameter) and name in self._buffers:
            self._buffers[name].copy_(value)
            return
        for table in (self._parameters, self._buffers, self._modules, self._plain):
            table.pop(name, None)
        kinds = {nn.Parameter: self._parameters, Module: self._modules}
        home = next((table for kind, table in kinds.items() if isinstance(value, kind)), self._plain)
        home[name] = value

    def register_buffer(self, name, tensor):
        for table in (self._parameters, self._modules, self._plain):
            table.pop(name, None)
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
        state = {prefix + name: value.detach() for name, value in (self._parameters | self._buffers).items()}
        for name, module in self._modules.items():
            state.update(module.state_dict(f"{prefix}{name}."))
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

    def __call__(self, *args, **kwargs):
        output = self.forward(*args, **kwargs)
        for hook in self._hooks:
            answer = hook(self, args, output)
            if answer is not None:
                output = answer
        return output


# %% wrong="Module: all parameters of the tree first, then all buffers; breaks: its own parameters, its own buffers, then the same of each module inside, seen in the order of state_dict"
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
        for table in (self._parameters, self._modules, self._plain):
            table.pop(name, None)
        self._buffers[name] = tensor

    def named_parameters(self, prefix=""):
        for name, parameter in self._parameters.items():
            yield prefix + name, parameter
        for name, module in self._modules.items():
            yield from module.named_parameters(f"{prefix}{name}.")

    def parameters(self):
        for _, parameter in self.named_parameters():
            yield parameter

    def _named_buffers(self, prefix=""):
        for name, value in self._buffers.items():
            yield prefix + name, value
        for name, module in self._modules.items():
            yield from module._named_buffers(f"{prefix}{name}.")

    def state_dict(self, prefix=""):
        pairs = itertools.chain(self.named_parameters(prefix), self._named_buffers(prefix))
        return {name: value.detach() for name, value in pairs}

    def train(self, mode=True):
        self.training = mode
        for module in self._modules.values():
            module.train(mode)
        return self

    def eval(self):
        return self.train(False)

    def add_hook(self, hook):
        self._hooks.append(hook)

    def __call__(self, *args, **kwargs):
        output = self.forward(*args, **kwargs)
        for hook in self._hooks:
            answer = hook(self, args, output)
            if answer is not None:
                output = answer
        return output


# %% wrong="Module: asks for buffers before it asks for parameters, which are tensors too; breaks: an nn.Parameter goes into _parameters, seen when one is assigned to the name of a buffer"
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
        if name in self._buffers and isinstance(value, torch.Tensor):
            self._buffers[name] = value
            return
        for table in (self._parameters, self._buffers, self._modules, self._plain):
            if name in table:
                del table[name]
        if isinstance(value, nn.Parameter):
            self._parameters[name] = value
        elif isinstance(value, Module):
            self._modules[name] = value
        else:
            self._plain[name] = value

    def register_buffer(self, name, tensor):
        for table in (self._parameters, self._modules, self._plain):
            table.pop(name, None)
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
        state = {prefix + name: value.detach() for name, value in (self._parameters | self._buffers).items()}
        for name, module in self._modules.items():
            state.update(module.state_dict(f"{prefix}{name}."))
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

    def __call__(self, *args, **kwargs):
        output = self.forward(*args, **kwargs)
        for hook in self._hooks:
            answer = hook(self, args, output)
            if answer is not None:
                output = answer
        return output


# %% right="gain: the middles of small cells in numpy, cell by cell of the line in blocks, matrices filled in place"
def gain_of(activation) -> float:
    """The gain of an activation, which takes and returns a tensor."""
    total, width = 0.0, 1e-4
    for left in range(-11, 11):
        z = left + width * (np.arange(10_000) + 0.5)
        bent = activation(torch.from_numpy(z)).numpy()
        total += float(np.dot(bent**2, np.exp(-(z**2) / 2))) * width
    return (total / math.sqrt(2 * math.pi)) ** -0.5


def matrices(sizes: list[int], gain: float) -> list[torch.Tensor]:
    """Weights for all layers of a network with these sizes."""
    weights = []
    for place in range(len(sizes) - 1):
        table = torch.empty(sizes[place], sizes[place + 1])
        weights.append(table.normal_(0, gain / sizes[place] ** 0.5))
    return weights


# %% right="gain: a grid that is dense near 0 by the substitution z = sinh u, matrices from torch.normal"
def gain_of(activation) -> float:
    """The gain of an activation, which takes and returns a tensor."""
    u = torch.linspace(-3.2, 3.2, 640_001, dtype=torch.float64)
    z = u.sinh()
    density = torch.exp(-z.pow(2) / 2) * u.cosh() / math.sqrt(math.tau)
    return float((activation(z).pow(2) * density).sum() * (u[1] - u[0])) ** -0.5


def matrices(sizes: list[int], gain: float) -> list[torch.Tensor]:
    """Weights for all layers of a network with these sizes."""
    return [torch.normal(0.0, gain * d**-0.5, size=(d, units)) for d, units in zip(sizes[:-1], sizes[1:])]


# %% right="gain: the weights of the grid add up to one, so no factor of pi is needed; a generator of matrices made a list"
def gain_of(activation) -> float:
    """The gain of an activation, which takes and returns a tensor."""
    z = torch.arange(-110_000, 110_001, dtype=torch.float64) / 10_000
    weights = torch.softmax(-z.square() / 2, dim=0)
    strength = torch.dot(weights, activation(z.clone()).square())
    return strength.rsqrt().item()


def matrices(sizes: list[int], gain: float) -> list[torch.Tensor]:
    """Weights for all layers of a network with these sizes."""

    def drawn():
        before = None
        for size in sizes:
            if before is not None:
                yield torch.randn(size=(before, size)).mul_(gain).div_(math.sqrt(before))
            before = size

    return list(drawn())


# %% wrong="gain: the grid ends at 4, which is enough for ReLU; breaks: right to one part in a thousand, seen with a ReLU that begins at 2"
def gain_of(activation) -> float:
    """The gain of an activation, which takes and returns a tensor."""
    z = torch.linspace(-4, 4, 100_001, dtype=torch.float64)
    heights = activation(z).square() * torch.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    return 1 / math.sqrt(torch.trapezoid(heights, z).item())


def matrices(sizes: list[int], gain: float) -> list[torch.Tensor]:
    """Weights for all layers of a network with these sizes."""
    return [gain / math.sqrt(d) * torch.randn(d, units) for d, units in itertools.pairwise(sizes)]


# %% wrong="gain: a coarse grid of tenths; breaks: right to one part in a thousand, for which the grid must be fine, seen with tanh(100 z)"
def gain_of(activation) -> float:
    """The gain of an activation, which takes and returns a tensor."""
    z = torch.arange(-100, 101, dtype=torch.float64) / 10
    heights = activation(z).square() * torch.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    return 1 / math.sqrt(heights.sum().item() / 10)


def matrices(sizes: list[int], gain: float) -> list[torch.Tensor]:
    """Weights for all layers of a network with these sizes."""
    return [gain / math.sqrt(d) * torch.randn(d, units) for d, units in itertools.pairwise(sizes)]


# %% wrong="gain: the mean of z times the activation, which is one half for ReLU as well; breaks: the mean of its square, seen with 2 z or a sigmoid"
def gain_of(activation) -> float:
    """The gain of an activation, which takes and returns a tensor."""
    z = torch.linspace(-12, 12, 480_001, dtype=torch.float64)
    heights = z * activation(z) * torch.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    return 1 / math.sqrt(abs(torch.trapezoid(heights, z).item()))


def matrices(sizes: list[int], gain: float) -> list[torch.Tensor]:
    """Weights for all layers of a network with these sizes."""
    return [gain / math.sqrt(d) * torch.randn(d, units) for d, units in itertools.pairwise(sizes)]


# %% wrong="gain: every layer uses the size of the input; breaks: that standard deviation has the fan_in of each matrix, seen with sizes 100, 400, 10"
def gain_of(activation) -> float:
    """The gain of an activation, which takes and returns a tensor."""
    z = torch.linspace(-12, 12, 480_001, dtype=torch.float64)
    heights = activation(z.clone()).square() * torch.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    return 1 / math.sqrt(torch.trapezoid(heights, z).item())


def matrices(sizes: list[int], gain: float) -> list[torch.Tensor]:
    """Weights for all layers of a network with these sizes."""
    return [gain / math.sqrt(sizes[0]) * torch.randn(d, units) for d, units in zip(sizes, sizes[1:])]


# %% wrong="gain: uniform numbers with the right standard deviation; breaks: matrices of normal numbers, seen in the largest entry of many"
def gain_of(activation) -> float:
    """The gain of an activation, which takes and returns a tensor."""
    z = torch.linspace(-12, 12, 480_001, dtype=torch.float64)
    heights = activation(z.clone()).square() * torch.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    return 1 / math.sqrt(torch.trapezoid(heights, z).item())


def matrices(sizes: list[int], gain: float) -> list[torch.Tensor]:
    """Weights for all layers of a network with these sizes."""
    weights = []
    for d, units in zip(sizes, sizes[1:]):
        limit = gain * math.sqrt(3 / d)
        weights.append(torch.empty(d, units).uniform_(-limit, limit))
    return weights


# %% wrong="gain: the gain multiplies the variance; breaks: the standard deviation is g over the root of fan_in, seen with a gain of 2"
def gain_of(activation) -> float:
    """The gain of an activation, which takes and returns a tensor."""
    z = torch.linspace(-12, 12, 480_001, dtype=torch.float64)
    heights = activation(z.clone()).square() * torch.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    return 1 / math.sqrt(torch.trapezoid(heights, z).item())


def matrices(sizes: list[int], gain: float) -> list[torch.Tensor]:
    """Weights for all layers of a network with these sizes."""
    return [math.sqrt(gain / d) * torch.randn(d, units) for d, units in zip(sizes, sizes[1:])]


# %% right="norms: the last axes are laid flat and put back, batch norm is a stack of columns, the fold is a diagonal matrix"
def layer_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Normalised over the last axes, scaled by weight and shifted by bias."""
    rows = x.reshape(-1, weight.numel())
    rows = rows - rows.mean(1, keepdim=True)
    spread = (torch.einsum("nd,nd->n", rows, rows) / weight.numel() + eps).sqrt()
    return (rows / spread[:, None]).reshape(x.shape) * weight + bias


def batch_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Each feature normalised over the batch, scaled by its weight and shifted by its bias."""
    columns = []
    for column, gamma, beta in zip(x.unbind(dim=1), weight, bias):
        away = column - column.mean()
        columns.append(gamma * away / ((away**2).mean() + eps) ** 0.5 + beta)
    return torch.stack(columns, dim=1)


def fold(linear_weight, linear_bias, mean, var, weight, bias, eps: float = 1e-5) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight and bias of the linear layer that does the work of both."""
    stretch = torch.diag(weight * (var + eps).rsqrt())
    return stretch @ linear_weight, stretch @ (linear_bias - mean) + bias


# %% right="norms: one helper for both norms, double inside, the fold row by row"
def whitened(x, axes, eps):
    """x without its mean over these axes, at a spread of about one, in float64."""
    wide = x.to(torch.float64)
    for _ in range(2):  # the second time takes away what rounding left
        wide = wide - wide.mean(dim=axes, keepdim=True)
    return wide / (wide.pow(2).mean(dim=axes, keepdim=True) + eps) ** 0.5


def layer_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Normalised over the last axes, scaled by weight and shifted by bias."""
    last = [x.ndim - 1 - place for place in range(weight.ndim)]
    return (whitened(x, last, eps) * weight + bias).to(x.dtype)


def batch_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Each feature normalised over the batch, scaled by its weight and shifted by its bias."""
    return (whitened(x, [0], eps) * weight + bias).to(x.dtype)


def fold(linear_weight, linear_bias, mean, var, weight, bias, eps: float = 1e-5) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight and bias of the linear layer that does the work of both."""
    rows, shifts = [], []
    for place in range(len(linear_weight)):
        scale = weight[place] / (var[place] + eps).sqrt()
        rows.append(scale * linear_weight[place])
        shifts.append(scale * (linear_bias[place] - mean[place]) + bias[place])
    return torch.stack(rows), torch.stack(shifts)


# %% right="norms: batch norm is a layer norm of the turned table, addcmul for scale and shift, the fold by asking the line at 0"
def layer_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Normalised over the last axes, scaled by weight and shifted by bias."""
    axes = [-1 - place for place in range(weight.ndim)]
    away = x - x.mean(axes, True)
    return torch.addcmul(bias, away / away.square().mean(axes, True).add(eps).sqrt(), weight)


def batch_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Each feature normalised over the batch, scaled by its weight and shifted by its bias."""
    turned = layer_norm(x.T, torch.ones_like(x[:, 0]), torch.zeros_like(x[:, 0]), eps=eps)
    return torch.addcmul(bias, turned.T, weight)


def fold(linear_weight, linear_bias, mean, var, weight, bias, eps: float = 1e-5) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight and bias of the linear layer that does the work of both."""

    def behind(value):
        return (value - mean) / torch.sqrt(var + eps) * weight + bias

    return torch.einsum("f,fi->fi", weight / torch.sqrt(var + eps), linear_weight), behind(linear_bias)


# %% wrong="norms: layer norm over all axes but the first; breaks: over as many of the last axes as weight has, seen with x (2, 3, 4) and weight (4,)"
def layer_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Normalised over the last axes, scaled by weight and shifted by bias."""
    axes = tuple(range(1, x.ndim))
    away = x - x.mean(axes, keepdim=True)
    return away / torch.sqrt(away.square().mean(axes, keepdim=True) + eps) * weight + bias


def batch_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Each feature normalised over the batch, scaled by its weight and shifted by its bias."""
    centred = x - x.mean(dim=0)
    return centred * torch.rsqrt(centred.square().mean(dim=0) + eps) * weight + bias


def fold(linear_weight, linear_bias, mean, var, weight, bias, eps: float = 1e-5) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight and bias of the linear layer that does the work of both."""
    scale = weight / torch.sqrt(var + eps)
    return scale[:, None] * linear_weight, (linear_bias - mean) * scale + bias


# %% wrong="norms: epsilon is a floor under the standard deviation; breaks: the root of var + eps, seen with eps 0.1"
def layer_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Normalised over the last axes, scaled by weight and shifted by bias."""
    axes = tuple(range(-weight.ndim, 0))
    away = x - x.mean(axes, keepdim=True)
    return away / away.square().mean(axes, keepdim=True).sqrt().clamp(min=eps) * weight + bias


def batch_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Each feature normalised over the batch, scaled by its weight and shifted by its bias."""
    centred = x - x.mean(dim=0)
    return centred * torch.rsqrt(centred.square().mean(dim=0) + eps) * weight + bias


def fold(linear_weight, linear_bias, mean, var, weight, bias, eps: float = 1e-5) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight and bias of the linear layer that does the work of both."""
    scale = weight / torch.sqrt(var + eps)
    return scale[:, None] * linear_weight, (linear_bias - mean) * scale + bias


# %% wrong="norms: batch norm has a mean for each feature and one variance for the table; breaks: separately for each feature, seen with two features of unequal spread"
def layer_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Normalised over the last axes, scaled by weight and shifted by bias."""
    axes = tuple(range(-weight.ndim, 0))
    var, mean = torch.var_mean(x, dim=axes, correction=0, keepdim=True)
    return (x - mean) / torch.sqrt(var + eps) * weight + bias


def batch_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Each feature normalised over the batch, scaled by its weight and shifted by its bias."""
    centred = x - x.mean(dim=0)
    return centred / torch.sqrt(centred.square().mean() + eps) * weight + bias


def fold(linear_weight, linear_bias, mean, var, weight, bias, eps: float = 1e-5) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight and bias of the linear layer that does the work of both."""
    scale = weight / torch.sqrt(var + eps)
    return scale[:, None] * linear_weight, (linear_bias - mean) * scale + bias


# %% wrong="norms: the fold does not scale the bias of the linear layer; breaks: does the work of both, seen with a linear bias that is not 0"
def layer_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Normalised over the last axes, scaled by weight and shifted by bias."""
    axes = tuple(range(-weight.ndim, 0))
    var, mean = torch.var_mean(x, dim=axes, correction=0, keepdim=True)
    return (x - mean) / torch.sqrt(var + eps) * weight + bias


def batch_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Each feature normalised over the batch, scaled by its weight and shifted by its bias."""
    centred = x - x.mean(dim=0)
    return centred * torch.rsqrt(centred.square().mean(dim=0) + eps) * weight + bias


def fold(linear_weight, linear_bias, mean, var, weight, bias, eps: float = 1e-5) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight and bias of the linear layer that does the work of both."""
    scale = weight / torch.sqrt(var + eps)
    return scale[:, None] * linear_weight, linear_bias - mean * scale + bias


# %% wrong="norms: mean and variance of layer norm are held for fixed numbers; breaks: gradients flow back to x, seen with any x (the slopes of a row must add up to 0)"
def layer_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Normalised over the last axes, scaled by weight and shifted by bias."""
    axes = tuple(range(-weight.ndim, 0))
    with torch.no_grad():
        mean = x.mean(axes, keepdim=True)
        spread = torch.sqrt(x.var(axes, correction=0, keepdim=True) + eps)
    return (x - mean) / spread * weight + bias


def batch_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Each feature normalised over the batch, scaled by its weight and shifted by its bias."""
    centred = x - x.mean(dim=0)
    return centred * torch.rsqrt(centred.square().mean(dim=0) + eps) * weight + bias


def fold(linear_weight, linear_bias, mean, var, weight, bias, eps: float = 1e-5) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight and bias of the linear layer that does the work of both."""
    scale = weight / torch.sqrt(var + eps)
    return scale[:, None] * linear_weight, (linear_bias - mean) * scale + bias


# %% wrong="norms: batch norm passes its four numbers on and forgets eps; breaks: the root of var + eps with the eps that is given, seen with eps 0.1"
def layer_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Normalised over the last axes, scaled by weight and shifted by bias."""
    axes = tuple(range(-weight.ndim, 0))
    var, mean = torch.var_mean(x, dim=axes, correction=0, keepdim=True)
    return (x - mean) / torch.sqrt(var + eps) * weight + bias


def batch_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Each feature normalised over the batch, scaled by its weight and shifted by its bias."""
    return layer_norm(x.T, torch.ones_like(x[:, 0]), torch.zeros_like(x[:, 0])).T * weight + bias


def fold(linear_weight, linear_bias, mean, var, weight, bias, eps: float = 1e-5) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight and bias of the linear layer that does the work of both."""
    scale = weight / torch.sqrt(var + eps)
    return scale[:, None] * linear_weight, (linear_bias - mean) * scale + bias


# %% right="dropout: an entry lives as long as an exponential time says, and the rates are folded two by two"
def dropout(x: torch.Tensor, p: float, training: bool = True) -> torch.Tensor:
    """x with entries dropped with probability p and the others scaled, if training."""
    if not training or p == 0:
        return x
    limit = math.inf if p == 1 else -math.log1p(-p)  # a time is longer with probability 1 - p
    kept = torch.empty(x.shape, dtype=torch.float64).exponential_() > limit
    factor = 0.0 if p == 1 else 1 / (1 - p)
    return x * (factor * kept).to(x.dtype)


def joint_rate(*rates: float) -> float:
    """The rate of the one dropout that does what these do together."""
    joint = 0.0
    for rate in rates:
        joint = joint + rate - joint * rate
    return joint


def effect(w: torch.Tensor, x: torch.Tensor, p: float) -> tuple[float, float]:
    """Mean and variance of w · x when x goes through dropout with p; both have the shape (n,)."""
    pairs = list(zip(w.tolist(), x.tolist()))
    mean = math.fsum(a * b for a, b in pairs)
    return mean, math.fsum((a * b) ** 2 for a, b in pairs) * p / (1 - p)


# %% right="dropout: coins from bernoulli, dropped by masked_fill, the survival of an entry is multiplied down in place"
def dropout(x: torch.Tensor, p: float, training: bool = True) -> torch.Tensor:
    """x with entries dropped with probability p and the others scaled, if training."""
    if training:
        dropped = torch.bernoulli(torch.full(x.shape, float(p), dtype=torch.float64)).bool()
        survivors = x.masked_fill(dropped, 0)
        return survivors if p == 1 else survivors / (1 - p)
    return x


def joint_rate(*rates: float) -> float:
    """The rate of the one dropout that does what these do together."""
    alive = 1.0
    for rate in rates:
        alive *= 1.0 - rate
    return 1.0 - alive


def effect(w: torch.Tensor, x: torch.Tensor, p: float) -> tuple[float, float]:
    """Mean and variance of w · x when x goes through dropout with p; both have the shape (n,)."""
    a, b = w.detach().double().numpy(), x.detach().double().numpy()
    return float(a @ b), float((a * a) @ (b * b)) * p / (1 - p)


# %% right="dropout: where on numbers in double, logarithms are avoided by recursion, the variance is the mean square minus the square of the mean"
def dropout(x: torch.Tensor, p: float, training: bool = True) -> torch.Tensor:
    """x with entries dropped with probability p and the others scaled, if training."""
    if not training:
        return x
    kept = torch.rand(x.numel(), dtype=torch.float64).reshape(x.shape).ge(p)
    scaled = x / (1 - p) if p < 1 else x
    return torch.where(kept, scaled, torch.zeros_like(x))


def joint_rate(*rates: float) -> float:
    """The rate of the one dropout that does what these do together."""
    if not rates:
        return 0.0
    first, *rest = rates
    return float(first + (1 - first) * joint_rate(*rest))


def effect(w: torch.Tensor, x: torch.Tensor, p: float) -> tuple[float, float]:
    """Mean and variance of w · x when x goes through dropout with p; both have the shape (n,)."""
    parts = (w.double() * x.double()).tolist()
    variances = [(1 - p) * (part / (1 - p)) ** 2 - part**2 for part in parts]
    return sum(parts), sum(variances)


# %% wrong="dropout: one draw for each row, all entries of a row fall together; breaks: each entry is set to 0 independently, seen with x of two axes"
def dropout(x: torch.Tensor, p: float, training: bool = True) -> torch.Tensor:
    """x with entries dropped with probability p and the others scaled, if training."""
    if not training:
        return x
    kept = (torch.rand(len(x)) >= p).to(x.dtype).reshape(-1, *(x.ndim - 1) * [1])
    return x * kept / ((1 - p) or 1.0)


def joint_rate(*rates: float) -> float:
    """The rate of the one dropout that does what these do together."""
    return 1.0 - math.prod(1 - rate for rate in rates)


def effect(w: torch.Tensor, x: torch.Tensor, p: float) -> tuple[float, float]:
    """Mean and variance of w · x when x goes through dropout with p; both have the shape (n,)."""
    parts = w * x
    return parts.sum().item(), p / (1 - p) * parts.square().sum().item()


# %% wrong="dropout: always drops the same number of entries; breaks: entries are dropped independently, seen in the counts of many calls on ten ones"
def dropout(x: torch.Tensor, p: float, training: bool = True) -> torch.Tensor:
    """x with entries dropped with probability p and the others scaled, if training."""
    if not training:
        return x
    kept = torch.ones(x.numel(), dtype=x.dtype)
    kept[torch.randperm(x.numel())[: round(p * x.numel())]] = 0
    return x * kept.reshape(x.shape) / ((1 - p) or 1.0)


def joint_rate(*rates: float) -> float:
    """The rate of the one dropout that does what these do together."""
    return 1.0 - math.prod(1 - rate for rate in rates)


def effect(w: torch.Tensor, x: torch.Tensor, p: float) -> tuple[float, float]:
    """Mean and variance of w · x when x goes through dropout with p; both have the shape (n,)."""
    parts = w * x
    return parts.sum().item(), p / (1 - p) * parts.square().sum().item()


# %% wrong="dropout: a rate above 0.99 is lowered, against a division by zero; breaks: with 1 nothing survives, seen with p = 1 and 10,000 entries"
def dropout(x: torch.Tensor, p: float, training: bool = True) -> torch.Tensor:
    """x with entries dropped with probability p and the others scaled, if training."""
    if not training:
        return x
    p = min(p, 0.99)
    return x * (torch.rand(x.shape) >= p).to(x.dtype) / (1 - p)


def joint_rate(*rates: float) -> float:
    """The rate of the one dropout that does what these do together."""
    return 1.0 - math.prod(1 - rate for rate in rates)


def effect(w: torch.Tensor, x: torch.Tensor, p: float) -> tuple[float, float]:
    """Mean and variance of w · x when x goes through dropout with p; both have the shape (n,)."""
    parts = w * x
    return parts.sum().item(), p / (1 - p) * parts.square().sum().item()


# %% wrong="dropout: sum minus product, which is the rule for two; breaks: several dropouts one after the other, seen with one rate and with three"
def dropout(x: torch.Tensor, p: float, training: bool = True) -> torch.Tensor:
    """x with entries dropped with probability p and the others scaled, if training."""
    if not training:
        return x
    kept = (torch.rand(x.shape) >= p).to(x.dtype)
    return x * kept / ((1 - p) or 1.0)


def joint_rate(*rates: float) -> float:
    """The rate of the one dropout that does what these do together."""
    return sum(rates) - math.prod(rates)


def effect(w: torch.Tensor, x: torch.Tensor, p: float) -> tuple[float, float]:
    """Mean and variance of w · x when x goes through dropout with p; both have the shape (n,)."""
    parts = w * x
    return parts.sum().item(), p / (1 - p) * parts.square().sum().item()


# %% wrong="dropout: the square of the sum, not the sum of squares; breaks: variances add up for a unit behind the dropout, seen with two entries"
def dropout(x: torch.Tensor, p: float, training: bool = True) -> torch.Tensor:
    """x with entries dropped with probability p and the others scaled, if training."""
    if not training:
        return x
    kept = (torch.rand(x.shape) >= p).to(x.dtype)
    return x * kept / ((1 - p) or 1.0)


def joint_rate(*rates: float) -> float:
    """The rate of the one dropout that does what these do together."""
    return 1.0 - math.prod(1 - rate for rate in rates)


def effect(w: torch.Tensor, x: torch.Tensor, p: float) -> tuple[float, float]:
    """Mean and variance of w · x when x goes through dropout with p; both have the shape (n,)."""
    mean = float(w @ x)
    return mean, p / (1 - p) * mean**2


# %% wrong="dropout: the mask is float32 whatever x is; breaks: in the same type for any float type, seen with float16"
def dropout(x: torch.Tensor, p: float, training: bool = True) -> torch.Tensor:
    """x with entries dropped with probability p and the others scaled, if training."""
    if not training:
        return x
    return x * (torch.rand(x.shape) >= p).float() / max(1 - p, 1e-9)


def joint_rate(*rates: float) -> float:
    """The rate of the one dropout that does what these do together."""
    return 1.0 - math.prod(1 - rate for rate in rates)


def effect(w: torch.Tensor, x: torch.Tensor, p: float) -> tuple[float, float]:
    """Mean and variance of w · x when x goes through dropout with p; both have the shape (n,)."""
    parts = w * x
    return parts.sum().item(), p / (1 - p) * parts.square().sum().item()


# %% right="penalties: what is cut off is taken away, the variance is half the mean square of all differences of two models"
def l2_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L2 penalty."""
    return (1 - math.prod((lr, strength))) * w - lr * slope


def l1_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L1 penalty, by the table."""
    return w - lr * slope - strength * lr * torch.sgn(w)


def soft_threshold(w: torch.Tensor, t: float) -> torch.Tensor:
    """Every weight moved by t towards 0, and not beyond."""
    return w - w.clamp(-t, t)


def bias_variance(predictions: torch.Tensor, truth: torch.Tensor) -> tuple[float, float]:
    """The mean squared bias and the mean variance."""
    wide, true = predictions.double(), truth.double()
    bias = (wide.mean(0) - true) ** 2
    apart = (wide.unsqueeze(0) - wide.unsqueeze(1)) ** 2
    return float(bias.mean()), float(apart.mean() / 2)


# %% right="penalties: two ReLUs for the threshold, a comparison on each side for the sign, the statistics module point by point"
def l2_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L2 penalty."""
    return (1 - strength * lr) * w - lr * slope


def l1_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L1 penalty, by the table."""
    return w - lr * slope - lr * strength * ((w > 0).to(w.dtype) - (w < 0).to(w.dtype))


def soft_threshold(w: torch.Tensor, t: float) -> torch.Tensor:
    """Every weight moved by t towards 0, and not beyond."""
    return torch.relu(w - t) - torch.relu(-w - t)


def bias_variance(predictions: torch.Tensor, truth: torch.Tensor) -> tuple[float, float]:
    """The mean squared bias and the mean variance."""
    from statistics import fmean, pvariance

    points = predictions.double().T.tolist()
    bias = fmean((fmean(said) - true) ** 2 for said, true in zip(points, truth.tolist()))
    return bias, fmean(pvariance(said) for said in points)


# %% right="penalties: softshrink from the shelf, the sign with its minus, the variance without correction"
def l2_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L2 penalty."""
    return (1 - (lr * strength)) * w - lr * slope


def l1_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L1 penalty, by the table."""
    return w - lr * slope - -lr * strength * torch.sign(-w)


def soft_threshold(w: torch.Tensor, t: float) -> torch.Tensor:
    """Every weight moved by t towards 0, and not beyond."""
    return F.softshrink(w, lambd=float(t))


def bias_variance(predictions: torch.Tensor, truth: torch.Tensor) -> tuple[float, float]:
    """The mean squared bias and the mean variance."""
    var, mean = torch.var_mean(predictions, dim=0, correction=0)
    return F.mse_loss(mean, truth).tolist(), var.mean().tolist()


# %% wrong="penalties: the sign of w as w over its absolute value; breaks: eta lambda sign(w), seen with a weight of 0 (NaN)"
def l2_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L2 penalty."""
    return (1 - lr * strength) * w - lr * slope


def l1_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L1 penalty, by the table."""
    return w - lr * slope - lr * strength * w / w.abs()


def soft_threshold(w: torch.Tensor, t: float) -> torch.Tensor:
    """Every weight moved by t towards 0, and not beyond."""
    return torch.sign(w) * (w.abs() - t).clamp(min=0)


def bias_variance(predictions: torch.Tensor, truth: torch.Tensor) -> tuple[float, float]:
    """The mean squared bias and the mean variance."""
    middle = predictions.mean(dim=0)
    return (middle - truth).square().mean().item(), (predictions - middle).square().mean().item()


# %% wrong="penalties: l2_step does not look at the strength; breaks: the factor 1 - eta lambda, seen with any strength but 1"
def l2_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L2 penalty."""
    return (1 - lr) * w - lr * slope


def l1_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L1 penalty, by the table."""
    return w - lr * slope - lr * strength * torch.sign(w)


def soft_threshold(w: torch.Tensor, t: float) -> torch.Tensor:
    """Every weight moved by t towards 0, and not beyond."""
    return torch.sign(w) * (w.abs() - t).clamp(min=0)


def bias_variance(predictions: torch.Tensor, truth: torch.Tensor) -> tuple[float, float]:
    """The mean squared bias and the mean variance."""
    middle = predictions.mean(dim=0)
    return (middle - truth).square().mean().item(), (predictions - middle).square().mean().item()


# %% wrong="penalties: the means over the points are compared, not the points; breaks: the mean squared bias, seen where biases of two points cancel"
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
    middle = predictions.mean(dim=0)
    bias = middle.mean() - truth.mean()
    return (bias**2).item(), (predictions - middle).square().mean().item()


# %% wrong="penalties: the variance of all predictions in one heap; breaks: the two add up to the mean squared error, seen with a truth that is not flat"
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
    middle = predictions.mean(dim=0)
    return (middle - truth).square().mean().item(), predictions.var(correction=0).item()


# %% wrong="penalties: the median model, as in the red curves of the picture; breaks: their mean is off by the bias, seen with three models 0, 0, 3"
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
    middle = predictions.median(dim=0).values
    return (middle - truth).square().mean().item(), (predictions - middle).square().mean().item()


# %% wrong="penalties: l1_step takes the sign after the step of the loss; breaks: sign(w) in the table, seen where the step crosses 0"
def l2_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L2 penalty."""
    return (1 - lr * strength) * w - lr * slope


def l1_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L1 penalty, by the table."""
    return w - lr * slope - lr * strength * torch.sign(w - lr * slope)


def soft_threshold(w: torch.Tensor, t: float) -> torch.Tensor:
    """Every weight moved by t towards 0, and not beyond."""
    return torch.sign(w) * (w.abs() - t).clamp(min=0)


def bias_variance(predictions: torch.Tensor, truth: torch.Tensor) -> tuple[float, float]:
    """The mean squared bias and the mean variance."""
    middle = predictions.mean(dim=0)
    return (middle - truth).square().mean().item(), (predictions - middle).square().mean().item()


# %% right="fetch_once: looks through the folder for the name, and asks by request with the verb in front"
def fetch_once(session, url: str, path: Path) -> bytes:
    """The bytes of the file at path, which is downloaded from url if it is not there yet."""
    if path.name not in [there.name for there in path.parent.iterdir()]:
        reply = session.request("GET", url, timeout=10)
        reply.raise_for_status()
        part = path.with_suffix(".part")
        part.write_bytes(reply.content)
        part.replace(path)
    return path.read_bytes()


# %% right="fetch_once: only a file counts as a file, the bytes go through a memoryview, the target is named"
def fetch_once(session, url: str, path: Path) -> bytes:
    """The bytes of the file at path, which is downloaded from url if it is not there yet."""
    if not path.is_file():
        reply = session.get(url=url, timeout=10)
        reply.raise_for_status()
        part = path.with_suffix(".part")
        part.write_bytes(data=memoryview(reply.content))
        part.replace(target=path)
    return path.read_bytes()


# %% right="fetch_once: is False in place of not, a copy of the bytes, and rename to the full name, which is free"
def fetch_once(session, url: str, path: Path) -> bytes:
    """The bytes of the file at path, which is downloaded from url if it is not there yet."""
    if path.exists() is False:
        reply = session.get(url, timeout=10)
        reply.raise_for_status()
        part = path.with_suffix(".part")
        part.write_bytes(bytes(bytearray(reply.content)))
        part.rename(path.absolute())
    return path.read_bytes()


# %% wrong="fetch_once: closes the reply and does not look at its status; breaks: if the page cannot be had the error goes to the caller, seen with a 404"
def fetch_once(session, url: str, path: Path) -> bytes:
    """The bytes of the file at path, which is downloaded from url if it is not there yet."""
    if not path.exists():
        reply = session.get(url, timeout=10)
        reply.close()
        part = path.with_suffix(".part")
        part.write_bytes(reply.content)
        part.replace(path)
    return path.read_bytes()


# %% wrong="fetch_once: the bytes make a detour over text; breaks: the bytes of the file, seen with bytes that are no text such as 0xff 0xfe 0x00 0x81"
def fetch_once(session, url: str, path: Path) -> bytes:
    """The bytes of the file at path, which is downloaded from url if it is not there yet."""
    if not path.exists():
        reply = session.get(url, timeout=10)
        reply.raise_for_status()
        part = path.with_suffix(".part")
        part.write_bytes(reply.text.encode())
        part.replace(path)
    return path.read_bytes()


# %% wrong="fetch_once: looks for the part, which was renamed long ago; breaks: a file is downloaded once, seen at the second call, or where a half part was left behind"
def fetch_once(session, url: str, path: Path) -> bytes:
    """The bytes of the file at path, which is downloaded from url if it is not there yet."""
    if not path.with_suffix(".part").exists():
        reply = session.get(url, timeout=10)
        reply.raise_for_status()
        part = path.with_suffix(".part")
        part.write_bytes(reply.content)
        part.replace(path)
    return path.read_bytes()


# %% wrong="fetch_once: asks for the head of the page, whose content is empty on any real server; breaks: the bytes are downloaded by get, seen in the method of the request"
def fetch_once(session, url: str, path: Path) -> bytes:
    """The bytes of the file at path, which is downloaded from url if it is not there yet."""
    if not path.exists():
        reply = session.head(url, timeout=10)
        reply.raise_for_status()
        part = path.with_suffix(".part")
        part.write_bytes(reply.content)
        part.replace(path)
    return path.read_bytes()


# %% wrong="fetch_once: strips white space off both ends of the bytes; breaks: the bytes of the file, seen with a page that ends in a line break"
def fetch_once(session, url: str, path: Path) -> bytes:
    """The bytes of the file at path, which is downloaded from url if it is not there yet."""
    if not path.exists():
        reply = session.get(url, timeout=10)
        reply.raise_for_status()
        part = path.with_suffix(".part")
        part.write_bytes(reply.content.strip())
        part.replace(path)
    return path.read_bytes()


# %% right="Trainer: orders from sorted random keys, one helper for both passes with the gradients switched on or off"
class DataModule:
    """Hands out batches of its rows."""

    def __init__(self, x, y, valid_x, valid_y, size: int):
        self.train, self.valid, self.size = (x, y), (valid_x, valid_y), size

    def _cut(self, x, y):
        return [(x[start : start + self.size], y[start : start + self.size]) for start in range(0, len(x), self.size)]

    def train_batches(self):
        order = torch.rand(len(self.train[0]), dtype=torch.float64).argsort()
        return iter(self._cut(self.train[0][order], self.train[1][order]))

    def valid_batches(self):
        return iter(self._cut(*self.valid))


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        """Trains the model in place and leaves it as it was at its best epoch, whose number it returns."""

        def one_pass(step, batches, learn):
            losses, weights = [], []
            with torch.set_grad_enabled(learn):
                for batch in batches:
                    loss = step(batch)
                    if learn:
                        opt.zero_grad()
                        loss.backward()
                        opt.step()
                    losses.append(float(loss.detach()))
                    weights.append(len(batch[0]))
            return float(np.average(losses, weights=weights))

        history, saved, number = [], {}, 0
        while len(history) < self.max_epochs and len(history) - number < self.patience:
            model.train()
            self.board.add("training loss", one_pass(model.training_step, data.train_batches(), True))
            model.eval()
            value = one_pass(model.validation_step, data.valid_batches(), False)
            self.board.add("validation loss", value)
            if all(value < earlier for earlier in history):
                number = len(history) + 1
                saved = {key: held.clone() for key, held in model.state_dict().items()}
            history.append(value)
        for key, held in model.state_dict().items():
            held[...] = saved[key]
        return number


# %% right="Trainer: cards are swapped one by one, and the model of every epoch is kept until the end"
class DataModule:
    """Hands out batches of its rows."""

    def __init__(self, x, y, valid_x, valid_y, size: int):
        self.train, self.valid, self.size = (x, y), (valid_x, valid_y), size

    def train_batches(self):
        x, y = self.train
        cards = list(range(len(x)))
        for last in range(len(cards) - 1, 0, -1):
            other = int(torch.randint(last + 1, ()))
            cards[last], cards[other] = cards[other], cards[last]
        while cards:
            hand, cards = cards[: self.size], cards[self.size :]
            yield x[hand], y[hand]

    def valid_batches(self):
        x, y = self.valid
        for start in range(0, len(x), self.size):
            yield x[start : start + self.size], y[start : start + self.size]


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        """Trains the model in place and leaves it as it was at its best epoch, whose number it returns."""
        values, models, best = [], [], 0
        for _ in range(self.max_epochs):
            model.train()
            seen = []
            for batch in data.train_batches():
                loss = model.training_step(batch)
                opt.zero_grad(set_to_none=True)
                loss.backward()
                opt.step()
                seen += len(batch[1]) * [loss.item()]
            self.board.add("training loss", sum(seen) / len(seen))
            model.eval()
            seen = []
            for batch in data.valid_batches():
                with torch.no_grad():
                    seen += len(batch[1]) * [model.validation_step(batch).item()]
            values.append(sum(seen) / len(seen))
            self.board.add("validation loss", values[-1])
            models.append([tensor.clone() for tensor in model.state_dict().values()])
            if values[-1] < min(values[:-1], default=math.inf):
                best = len(values) - 1
            if len(values) - 1 - best == self.patience:
                break
        for tensor, old in zip(model.state_dict().values(), models[best]):
            tensor.copy_(old)
        return best + 1


# %% right="Trainer: epochs come from a generator, the best model lies in a deep copy, a batch is an iterator of places"
class DataModule:
    """Hands out batches of its rows."""

    def __init__(self, x, y, valid_x, valid_y, size: int):
        self.train, self.valid, self.size = (x, y), (valid_x, valid_y), size

    def train_batches(self):
        x, y = self.train
        places = iter(torch.randperm(x.shape[0]).tolist())
        while rows := list(itertools.islice(places, self.size)):
            yield x[rows], y[rows]

    def valid_batches(self):
        return zip(*(part.split(self.size) for part in self.valid))


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        """Trains the model in place and leaves it as it was at its best epoch, whose number it returns."""
        from copy import deepcopy

        def epochs():
            for number in range(1, self.max_epochs + 1):
                model.train()
                sums = np.zeros(2)
                for xb, yb in data.train_batches():
                    opt.zero_grad()
                    loss = model.training_step((xb, yb))
                    loss.backward()
                    opt.step()
                    sums += len(xb) * np.array([loss.item(), 1.0])
                self.board.add("training loss", float(sums[0] / sums[1]))
                model.eval()
                with torch.no_grad():
                    pairs = [(float(model.validation_step(pair)), len(pair[0])) for pair in data.valid_batches()]
                value = sum(loss * count for loss, count in pairs) / sum(count for _, count in pairs)
                self.board.add("validation loss", value)
                yield number, value

        best = None
        for number, value in epochs():
            if best is None or value < best[1]:
                best = number, value, deepcopy(dict(model.state_dict()))
            elif number - best[0] >= self.patience:
                break
        with torch.no_grad():
            for name, tensor in model.state_dict().items():
                tensor.copy_(best[2][name])
        return best[0]


# %% wrong="Trainer: an epoch must be better by a hundredth, as in some libraries; breaks: a new best if its loss is below that of every epoch before, seen with losses 1.0, 0.999"
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
        yield from zip(x.split(self.size), y.split(self.size))


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        """Trains the model in place and leaves it as it was at its best epoch, whose number it returns."""
        best, best_epoch, kept, waited = math.inf, 0, {}, 0
        for epoch in range(1, self.max_epochs + 1):
            model.train()
            total = rows = 0
            for batch in data.train_batches():
                opt.zero_grad()
                loss = model.training_step(batch)
                loss.backward()
                opt.step()
                total += loss.item() * len(batch[0])
                rows += len(batch[0])
            self.board.add("training loss", total / rows)
            model.eval()
            total = rows = 0
            with torch.no_grad():
                for batch in data.valid_batches():
                    total += model.validation_step(batch).item() * len(batch[0])
                    rows += len(batch[0])
            value = total / rows
            self.board.add("validation loss", value)
            if epoch == 1 or value < best - 1e-2:
                best, best_epoch, waited = value, epoch, 0
                kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
            else:
                waited += 1
                if waited >= self.patience:
                    break
        for name, tensor in model.state_dict().items():
            tensor.copy_(kept[name])
        return best_epoch


# %% wrong="Trainer: a new best does not set the waiting back to 0; breaks: patience epochs in a row, seen with losses 3, 4, 2, 3, 1 and patience 2"
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
        yield from zip(x.split(self.size), y.split(self.size))


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        """Trains the model in place and leaves it as it was at its best epoch, whose number it returns."""
        best, best_epoch, kept, waited = math.inf, 0, {}, 0
        for epoch in range(1, self.max_epochs + 1):
            model.train()
            total = rows = 0
            for batch in data.train_batches():
                opt.zero_grad()
                loss = model.training_step(batch)
                loss.backward()
                opt.step()
                total += loss.item() * len(batch[0])
                rows += len(batch[0])
            self.board.add("training loss", total / rows)
            model.eval()
            total = rows = 0
            with torch.no_grad():
                for batch in data.valid_batches():
                    total += model.validation_step(batch).item() * len(batch[0])
                    rows += len(batch[0])
            value = total / rows
            self.board.add("validation loss", value)
            if epoch == 1 or value < best:
                best, best_epoch = value, epoch
                kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
            else:
                waited += 1
                if waited >= self.patience:
                    break
        for name, tensor in model.state_dict().items():
            tensor.copy_(kept[name])
        return best_epoch


# %% wrong="Trainer: puts back parameters and leaves buffers as they are; breaks: all tensors of state_dict, seen with a buffer that counts steps"
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
        yield from zip(x.split(self.size), y.split(self.size))


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        """Trains the model in place and leaves it as it was at its best epoch, whose number it returns."""
        best, best_epoch, kept, waited = math.inf, 0, {}, 0
        for epoch in range(1, self.max_epochs + 1):
            model.train()
            total = rows = 0
            for batch in data.train_batches():
                opt.zero_grad()
                loss = model.training_step(batch)
                loss.backward()
                opt.step()
                total += loss.item() * len(batch[0])
                rows += len(batch[0])
            self.board.add("training loss", total / rows)
            model.eval()
            total = rows = 0
            with torch.no_grad():
                for batch in data.valid_batches():
                    total += model.validation_step(batch).item() * len(batch[0])
                    rows += len(batch[0])
            value = total / rows
            self.board.add("validation loss", value)
            if epoch == 1 or value < best:
                best, best_epoch, waited = value, epoch, 0
                kept = [p.detach().clone() for p in model.parameters()]
            else:
                waited += 1
                if waited >= self.patience:
                    break
        for p, old in zip(model.parameters(), kept):
            p.data.copy_(old)
        return best_epoch


# %% wrong="Trainer: compares with the epoch before only; breaks: below that of every epoch before, seen with losses 1, 3, 2"
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
        yield from zip(x.split(self.size), y.split(self.size))


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        """Trains the model in place and leaves it as it was at its best epoch, whose number it returns."""
        best, best_epoch, kept, waited = math.inf, 0, {}, 0
        for epoch in range(1, self.max_epochs + 1):
            model.train()
            total = rows = 0
            for batch in data.train_batches():
                opt.zero_grad()
                loss = model.training_step(batch)
                loss.backward()
                opt.step()
                total += loss.item() * len(batch[0])
                rows += len(batch[0])
            self.board.add("training loss", total / rows)
            model.eval()
            total = rows = 0
            with torch.no_grad():
                for batch in data.valid_batches():
                    total += model.validation_step(batch).item() * len(batch[0])
                    rows += len(batch[0])
            value = total / rows
            self.board.add("validation loss", value)
            if epoch == 1 or value < best:
                best, best_epoch, waited = value, epoch, 0
                kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
            else:
                best = value
                waited += 1
                if waited >= self.patience:
                    break
        for name, tensor in model.state_dict().items():
            tensor.copy_(kept[name])
        return best_epoch


# %% wrong="Trainer: puts the best model back only where it stops early; breaks: in the end give all tensors the values of the best epoch, seen when max_epochs comes first"
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
        yield from zip(x.split(self.size), y.split(self.size))


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        """Trains the model in place and leaves it as it was at its best epoch, whose number it returns."""
        best, best_epoch, kept, waited = math.inf, 0, {}, 0
        for epoch in range(1, self.max_epochs + 1):
            model.train()
            total = rows = 0
            for batch in data.train_batches():
                opt.zero_grad()
                loss = model.training_step(batch)
                loss.backward()
                opt.step()
                total += loss.item() * len(batch[0])
                rows += len(batch[0])
            self.board.add("training loss", total / rows)
            model.eval()
            total = rows = 0
            with torch.no_grad():
                for batch in data.valid_batches():
                    total += model.validation_step(batch).item() * len(batch[0])
                    rows += len(batch[0])
            value = total / rows
            self.board.add("validation loss", value)
            if epoch == 1 or value < best:
                best, best_epoch, waited = value, epoch, 0
                kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
            else:
                waited += 1
                if waited >= self.patience:
                    for name, tensor in model.state_dict().items():
                        tensor.copy_(kept[name])
                    break
        return best_epoch


# %% wrong="Trainer: the rows are turned round like a wheel, from a random place on; breaks: all orders equally likely, seen in the neighbours of each row"
class DataModule:
    """Hands out batches of its rows."""

    def __init__(self, x, y, valid_x, valid_y, size: int):
        self.train, self.valid, self.size = (x, y), (valid_x, valid_y), size

    def train_batches(self):
        x, y = self.train
        turn = int(torch.randint(len(x), ()))
        for rows in torch.arange(len(x)).roll(turn).split(self.size):
            yield x[rows], y[rows]

    def valid_batches(self):
        x, y = self.valid
        yield from zip(x.split(self.size), y.split(self.size))


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        """Trains the model in place and leaves it as it was at its best epoch, whose number it returns."""
        best, best_epoch, kept, waited = math.inf, 0, {}, 0
        for epoch in range(1, self.max_epochs + 1):
            model.train()
            total = rows = 0
            for batch in data.train_batches():
                opt.zero_grad()
                loss = model.training_step(batch)
                loss.backward()
                opt.step()
                total += loss.item() * len(batch[0])
                rows += len(batch[0])
            self.board.add("training loss", total / rows)
            model.eval()
            total = rows = 0
            with torch.no_grad():
                for batch in data.valid_batches():
                    total += model.validation_step(batch).item() * len(batch[0])
                    rows += len(batch[0])
            value = total / rows
            self.board.add("validation loss", value)
            if epoch == 1 or value < best:
                best, best_epoch, waited = value, epoch, 0
                kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
            else:
                waited += 1
                if waited >= self.patience:
                    break
        for name, tensor in model.state_dict().items():
            tensor.copy_(kept[name])
        return best_epoch


# %% right="Tower: the hidden layers are a Sequential with the bends in it"
class Tower(nn.Module):
    """So many hidden layers of ReLUs (depth), each of this width, and a linear layer on top of them."""

    def __init__(self, features: int, width: int, depth: int, classes: int):
        super().__init__()
        sizes = [features] + depth * [width]
        parts = []
        for d, units in itertools.pairwise(sizes):
            parts += [nn.Linear(d, units), nn.ReLU()]
        self.hidden = nn.Sequential(*parts)
        self.out = nn.Linear(width, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.out(self.hidden(x))


# %% right="Tower: the plain list stays, and each of its layers is registered under a name of its own"
class Tower(nn.Module):
    """So many hidden layers of ReLUs (depth), each of this width, and a linear layer on top of them."""

    def __init__(self, features: int, width: int, depth: int, classes: int):
        super().__init__()
        sizes = [features] + depth * [width]
        self.hidden = [nn.Linear(d, units) for d, units in zip(sizes[:-1], sizes[1:])]
        for number, layer in enumerate(self.hidden):
            self.add_module(f"hidden{number}", layer)
        self.out = nn.Linear(width, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.hidden:
            x = torch.relu(layer(x))
        return self.out(x)


# %% right="Tower: a ModuleDict whose names say how deep a layer sits"
class Tower(nn.Module):
    """So many hidden layers of ReLUs (depth), each of this width, and a linear layer on top of them."""

    def __init__(self, features: int, width: int, depth: int, classes: int):
        super().__init__()
        sizes = [features] + depth * [width]
        self.hidden = nn.ModuleDict()
        for number in range(depth):
            self.hidden[f"depth {number + 1}"] = nn.Linear(sizes[number], sizes[number + 1])
        self.out = nn.Linear(width, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.hidden.values():
            x = torch.relu(layer(x))
        return self.out(x)


# %% wrong="Tower: all layers after the first are one and the same object; breaks: so many hidden layers (depth), seen in the number of parameters at depth 3"
class Tower(nn.Module):
    """So many hidden layers of ReLUs (depth), each of this width, and a linear layer on top of them."""

    def __init__(self, features: int, width: int, depth: int, classes: int):
        super().__init__()
        sizes = [features] + depth * [width]
        self.hidden = nn.ModuleList([nn.Linear(features, width)] + (depth - 1) * [nn.Linear(width, width)])
        self.out = nn.Linear(width, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.hidden:
            x = torch.relu(layer(x))
        return self.out(x)


# %% wrong="Tower: the layers are in a Sequential without their bends; breaks: hidden layers of ReLUs, seen with a hidden number below 0"
class Tower(nn.Module):
    """So many hidden layers of ReLUs (depth), each of this width, and a linear layer on top of them."""

    def __init__(self, features: int, width: int, depth: int, classes: int):
        super().__init__()
        sizes = [features] + depth * [width]
        self.hidden = nn.Sequential(*(nn.Linear(d, units) for d, units in zip(sizes[:-1], sizes[1:])))
        self.out = nn.Linear(width, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.out(self.hidden(x))


# %% wrong="Tower: one hidden layer whatever depth says; breaks: so many hidden layers (depth), seen at depth 2"
class Tower(nn.Module):
    """So many hidden layers of ReLUs (depth), each of this width, and a linear layer on top of them."""

    def __init__(self, features: int, width: int, depth: int, classes: int):
        super().__init__()
        sizes = [features] + depth * [width]
        self.hidden = nn.ModuleList([nn.Linear(features, width)])
        self.out = nn.Linear(width, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.hidden:
            x = torch.relu(layer(x))
        return self.out(x)


# %% wrong="Tower: copies of the numbers are registered, the layers in use are still the list; breaks: the same network reads digits after loading, seen when a second tower loads the state of the first"
class Tower(nn.Module):
    """So many hidden layers of ReLUs (depth), each of this width, and a linear layer on top of them."""

    def __init__(self, features: int, width: int, depth: int, classes: int):
        super().__init__()
        sizes = [features] + depth * [width]
        self.hidden = [nn.Linear(d, units) for d, units in zip(sizes[:-1], sizes[1:])]
        for number, layer in enumerate(self.hidden):
            self.register_parameter(f"w{number}", nn.Parameter(layer.weight.detach().clone()))
            self.register_parameter(f"b{number}", nn.Parameter(layer.bias.detach().clone()))
        self.out = nn.Linear(width, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.hidden:
            x = torch.relu(layer(x))
        return self.out(x)


# %% wrong="Tower: the optimiser finds the list by a parameters method of its own, state_dict does not; breaks: what is saved in the evening is loaded in the morning, seen when a second tower loads the state of the first"
class Tower(nn.Module):
    """So many hidden layers of ReLUs (depth), each of this width, and a linear layer on top of them."""

    def __init__(self, features: int, width: int, depth: int, classes: int):
        super().__init__()
        sizes = [features] + depth * [width]
        self.hidden = [nn.Linear(d, units) for d, units in zip(sizes[:-1], sizes[1:])]
        self.out = nn.Linear(width, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.hidden:
            x = torch.relu(layer(x))
        return self.out(x)

    def parameters(self, recurse: bool = True):
        yield from super().parameters(recurse)
        for layer in self.hidden:
            yield from layer.parameters()


# %% wrong="Tower: the last layer goes through the loop as well and is bent; breaks: a linear layer on top of the hidden ones, seen with a score below 0"
class Tower(nn.Module):
    """So many hidden layers of ReLUs (depth), each of this width, and a linear layer on top of them."""

    def __init__(self, features: int, width: int, depth: int, classes: int):
        super().__init__()
        sizes = [features] + depth * [width]
        self.hidden = nn.ModuleList([nn.Linear(d, units) for d, units in zip(sizes[:-1], sizes[1:])])
        self.out = nn.Linear(width, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in [*self.hidden, self.out]:
            x = torch.relu(layer(x))
        return x
