# Answers by a panel that read only the released notebook: what `course audit` grades and counts apart. No student sees them.

# %% right="stack_pictures: stack, then floats, then divide"
def stack_pictures(pictures: list[torch.Tensor]) -> torch.Tensor:
    return torch.stack(pictures).float() / 255


# %% right="stack_pictures: cat along a new first axis, the division makes the floats"
def stack_pictures(pictures):
    return torch.cat([picture[None] for picture in pictures], dim=0) / 255.0


# %% right="stack_pictures: fills a tensor of zeros picture by picture"
def stack_pictures(pictures):
    height, width = pictures[0].shape
    result = torch.zeros(len(pictures), height, width, dtype=torch.float32)
    for place, picture in enumerate(pictures):
        result[place] = picture.to(torch.float32) * (1 / 255)
    return result


# %% wrong="stack_pictures: scales each picture by its own largest byte; breaks: 255 means full ink, also in a picture that happens to be faint"
def stack_pictures(pictures: list[torch.Tensor]) -> torch.Tensor:
    return torch.stack([picture.float() / picture.max() for picture in pictures])


# %% wrong="stack_pictures: makes float64; breaks: one float32 tensor"
def stack_pictures(pictures: list[torch.Tensor]) -> torch.Tensor:
    return torch.stack(pictures).double() / 255


# %% wrong="stack_pictures: whole-number division leaves six greys only; breaks: scale the bytes to floats between 0 and 1"
def stack_pictures(pictures: list[torch.Tensor]) -> torch.Tensor:
    return (torch.stack(pictures) // 51).float() / 5


# %% wrong="stack_pictures: squeezes away axes of length 1; breaks: (n, height, width), also for a single picture"
def stack_pictures(pictures: list[torch.Tensor]) -> torch.Tensor:
    return (torch.stack(pictures).float() / 255).squeeze()


# %% wrong="stack_pictures: bytes below 32 count as bare paper; breaks: scale the bytes (a faint grey is not 0)"
def stack_pictures(pictures: list[torch.Tensor]) -> torch.Tensor:
    stack = torch.stack(pictures)
    return torch.where(stack < 32, torch.zeros_like(stack), stack).float() / 255


# %% right="summarise: blanks filled"
def summarise(pictures: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    template = pictures.mean(dim=0)
    ink = pictures.mean(dim=(1, 2))
    heaviest = pictures[ink.argmax()]
    return template, ink, heaviest


# %% right="summarise: sums divided by lengths, the heaviest by python's max"
def summarise(pictures):
    n, height, width = pictures.shape
    template = sum(pictures) / n
    ink = pictures.reshape(n, -1).sum(1) / (height * width)
    best = max(range(n), key=lambda place: ink[place].item())
    return template, ink, pictures[best]


# %% right="summarise: einsum for both means, topk for the heaviest"
def summarise(pictures):
    n, height, width = pictures.shape
    template = torch.einsum("nhw->hw", pictures) / n
    ink = torch.einsum("nhw->n", pictures) / (height * width)
    return template, ink, pictures.index_select(0, ink.topk(1).indices)[0]


# %% wrong="summarise: the middle between the lightest and the darkest; breaks: for each pixel its mean over all the pictures (three or more)"
def summarise(pictures: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    template = (pictures.amax(dim=0) + pictures.amin(dim=0)) / 2
    ink = pictures.mean(dim=(1, 2))
    heaviest = pictures[ink.argmax()]
    return template, ink, heaviest


# %% wrong="summarise: ink is a sum; breaks: for each picture the mean of all its pixels"
def summarise(pictures: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    template = pictures.mean(dim=0)
    ink = pictures.sum(dim=(1, 2))
    heaviest = pictures[ink.argmax()]
    return template, ink, heaviest


# %% wrong="summarise: the picture with the single darkest pixel; breaks: the picture with the most ink"
def summarise(pictures: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    template = pictures.mean(dim=0)
    ink = pictures.mean(dim=(1, 2))
    heaviest = pictures[pictures.amax(dim=(1, 2)).argmax()]
    return template, ink, heaviest


# %% wrong="summarise: the heaviest is the maximum pixel by pixel; breaks: the picture (one of them) with the most ink"
def summarise(pictures: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    template = pictures.mean(dim=0)
    ink = pictures.mean(dim=(1, 2))
    heaviest = pictures.amax(dim=0)
    return template, ink, heaviest


# %% wrong="summarise: ink is the share of dark pixels; breaks: the mean of all its pixels"
def summarise(pictures: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    template = pictures.mean(dim=0)
    ink = (pictures > 0.5).to(pictures.dtype).mean(dim=(1, 2))
    heaviest = pictures[ink.argmax()]
    return template, ink, heaviest


# %% right="distances: mean over the last two axes"
def l1_distance(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return (a - b).abs().mean(dim=(-1, -2))


def rmse_distance(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return (a - b).pow(2).mean(dim=(-1, -2)).sqrt()


# %% right="distances: vector norms divided by the number of pixels"
def l1_distance(a, b):
    gap = (a - b).flatten(-2)
    return torch.linalg.vector_norm(gap, ord=1, dim=-1) / gap.shape[-1]


def rmse_distance(a, b):
    gap = (a - b).flatten(-2)
    return torch.linalg.vector_norm(gap, ord=2, dim=-1) / gap.shape[-1] ** 0.5


# %% right="distances: a common helper, one axis after the other, einsum for the squares"
def last_two(values):
    return values.mean(-1).mean(-1)


def l1_distance(a, b):
    return last_two(torch.maximum(a, b) - torch.minimum(a, b))


def rmse_distance(a, b):
    gap = a - b
    squares = torch.einsum("...hw,...hw->...", gap, gap)
    return torch.sqrt(squares / (gap.size(-1) * gap.size(-2)))


# %% wrong="distances: one number for a whole stack; breaks: from (n, 28, 28) and (28, 28) it makes n numbers"
def l1_distance(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return (a - b).abs().mean()


def rmse_distance(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return (a - b).pow(2).mean().sqrt()


# %% wrong="distances: divides by the width squared; breaks: the mean over the last two axes (pictures that are not square)"
def l1_distance(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return (a - b).abs().sum(dim=(-1, -2)) / a.shape[-1] ** 2


def rmse_distance(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return (a - b).pow(2).sum(dim=(-1, -2)).sqrt() / a.shape[-1]


# %% wrong="distances: the root row by row, then the mean of the rows; breaks: the root of the mean of the squared error"
def l1_distance(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return (a - b).abs().mean(dim=(-1, -2))


def rmse_distance(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return (a - b).pow(2).mean(dim=-1).sqrt().mean(dim=-1)


# %% wrong="distances: L1 is twice the positive part; breaks: the mean absolute difference (right only where plus and minus weigh the same)"
def l1_distance(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return 2 * (a - b).clamp(min=0).mean(dim=(-1, -2))


def rmse_distance(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return (a - b).pow(2).mean(dim=(-1, -2)).sqrt()


# %% wrong="distances: RMSE is the standard deviation of the difference; breaks: the mean of the squared error (a constant difference costs nothing here)"
def l1_distance(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return (a - b).abs().mean(dim=(-1, -2))


def rmse_distance(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return (a - b).std(dim=(-1, -2), correction=0)


# %% right="is_3: one comparison, and a mean of equal places"
def is_3(pictures, three, seven, distance):
    return distance(pictures, three) < distance(pictures, seven)


def accuracy(answers: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    if answers.shape != labels.shape:
        raise ValueError(f"answers {tuple(answers.shape)} and labels {tuple(labels.shape)}")
    return (answers == labels).float().mean()


# %% right="is_3: torch.lt, count_nonzero divided by numel"
def is_3(pictures, three, seven, distance):
    to_three, to_seven = (distance(pictures, ideal) for ideal in (three, seven))
    return torch.lt(to_three, to_seven)


def accuracy(answers, labels):
    if list(answers.size()) != list(labels.size()):
        raise ValueError("the shapes differ")
    return torch.count_nonzero(answers.eq(labels)) / answers.numel()


# %% right="is_3: the nearest of two stacked distances; one minus the share of mistakes"
def is_3(pictures, three, seven, distance):
    gaps = torch.stack([distance(pictures, seven), distance(pictures, three)])
    return gaps.argmin(dim=0).bool() & (gaps[0] != gaps[1])


def accuracy(answers, labels):
    same = answers.dim() == labels.dim() and all(i == j for i, j in zip(answers.shape, labels.shape))
    if not same:
        raise ValueError("compare tensors of the same shape")
    mistakes = (answers != labels).flatten().tolist()
    return torch.tensor(1 - sum(mistakes) / len(mistakes))


# %% wrong="is_3: a picture in the very middle counts as a three; breaks: in the very middle the answer is False"
def is_3(pictures, three, seven, distance):
    return distance(pictures, three) <= distance(pictures, seven)


def accuracy(answers: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    if answers.shape != labels.shape:
        raise ValueError("the shapes differ")
    return (answers == labels).float().mean()


# %% wrong="is_3: compares the lengths only; breaks: ValueError when the shapes differ, (n,) and (n, 1)"
def is_3(pictures, three, seven, distance):
    return distance(pictures, three) < distance(pictures, seven)


def accuracy(answers: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    if len(answers) != len(labels):
        raise ValueError("the lengths differ")
    return (answers == labels).float().mean()


# %% wrong="is_3: an assert, which is another error; breaks: raise a ValueError"
def is_3(pictures, three, seven, distance):
    return distance(pictures, three) < distance(pictures, seven)


def accuracy(answers: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    assert answers.shape == labels.shape, "the shapes differ"
    return (answers == labels).float().mean()


# %% wrong="is_3: always measures by L1; breaks: by whatever distance it is given"
def is_3(pictures, three, seven, distance=None):
    def gap(ideal):
        return (pictures - ideal).abs().mean(dim=(-1, -2))

    return gap(three) < gap(seven)


def accuracy(answers: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    if answers.shape != labels.shape:
        raise ValueError("the shapes differ")
    return (answers == labels).float().mean()


# %% wrong="is_3: accuracy turns everything into yes and no first; breaks: the share of answers that equal their labels (3 and 7 are not equal)"
def is_3(pictures, three, seven, distance):
    return distance(pictures, three) < distance(pictures, seven)


def accuracy(answers: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    if answers.shape != labels.shape:
        raise ValueError("the shapes differ")
    return (answers.bool() == labels.bool()).float().mean()


# %% right="descend: backward, no_grad, clear the gradient before and after"
def descend(t: torch.Tensor, y: torch.Tensor, params: torch.Tensor, lr: float) -> float:
    params.grad = None
    loss = (quadratic(t, params) - y).pow(2).mean()
    loss.backward()
    with torch.no_grad():
        params -= lr * params.grad
    params.grad.zero_()
    return loss.item()


# %% right="descend: autograd.grad, and the data of the tensor"
def descend(t, y, params, lr):
    loss = F.mse_loss(quadratic(t, params), y)
    (slope,) = torch.autograd.grad(loss, params)
    params.data.sub_(lr * slope)
    params.grad = None
    return float(loss.detach())


# %% right="descend: an optimiser of torch for one step"
def descend(t, y, params, lr):
    stepper = torch.optim.SGD([params], lr=lr)
    stepper.zero_grad()
    errors = quadratic(t, params) - y
    loss = (errors * errors).sum() / errors.numel()
    loss.backward()
    stepper.step()
    stepper.zero_grad(set_to_none=True)
    return loss.detach().item()


# %% wrong="descend: clears the gradient before it, and leaves its own; breaks: leave no old gradient behind for the next trip"
def descend(t: torch.Tensor, y: torch.Tensor, params: torch.Tensor, lr: float) -> float:
    params.grad = None
    loss = (quadratic(t, params) - y).pow(2).mean()
    loss.backward()
    with torch.no_grad():
        params -= lr * params.grad
    return loss.item()


# %% wrong="descend: switches autograd off and not on again; breaks: outside of your function, gradients are recorded as before"
def descend(t: torch.Tensor, y: torch.Tensor, params: torch.Tensor, lr: float) -> float:
    torch.set_grad_enabled(True)
    loss = (quadratic(t, params) - y).pow(2).mean()
    loss.backward()
    torch.set_grad_enabled(False)
    params -= lr * params.grad
    params.grad.zero_()
    return loss.item()


# %% wrong="descend: slopes are cut off at 10; breaks: a step downhill is lr times the gradient"
def descend(t: torch.Tensor, y: torch.Tensor, params: torch.Tensor, lr: float) -> float:
    loss = (quadratic(t, params) - y).pow(2).mean()
    loss.backward()
    with torch.no_grad():
        params -= lr * params.grad.clamp(-10, 10)
    params.grad.zero_()
    return loss.item()


# %% wrong="descend: divides by three, the number of parameters (and of the points in the test); breaks: the mean squared error"
def descend(t: torch.Tensor, y: torch.Tensor, params: torch.Tensor, lr: float) -> float:
    loss = (quadratic(t, params) - y).pow(2).sum() / len(params)
    loss.backward()
    with torch.no_grad():
        params -= lr * params.grad
    params.grad.zero_()
    return loss.item()


# %% wrong="descend: the parameters no longer require a gradient afterwards; breaks: params requires a gradient, and the next trip needs it"
def descend(t: torch.Tensor, y: torch.Tensor, params: torch.Tensor, lr: float) -> float:
    loss = (quadratic(t, params) - y).pow(2).mean()
    loss.backward()
    params.requires_grad_(False)
    params -= lr * params.grad
    params.grad = None
    return loss.item()


# %% right="linear1: blanks filled"
def init_params(shape: tuple[int, ...], std: float = 1.0) -> torch.Tensor:
    return (torch.randn(shape) * std).requires_grad_()


def linear1(xb: torch.Tensor, weights: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    return xb @ weights + bias


# %% right="linear1: normal_ in place and addmm"
def init_params(shape, std=1.0):
    params = torch.empty(shape).normal_(mean=0.0, std=std)
    params.requires_grad = True
    return params


def linear1(xb, weights, bias):
    return torch.addmm(bias, xb, weights)


# %% right="linear1: nn.Parameter and F.linear"
def init_params(shape: tuple[int, ...], std: float = 1.0) -> torch.Tensor:
    return nn.Parameter(torch.normal(0.0, 1.0, size=tuple(shape)).mul_(std))


def linear1(xb: torch.Tensor, weights: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    return F.linear(xb, weights.t(), bias)


# %% wrong="linear1: multiplies by the square root of std; breaks: normal random numbers with standard deviation std (not variance)"
def init_params(shape: tuple[int, ...], std: float = 1.0) -> torch.Tensor:
    return (torch.randn(shape) * std**0.5).requires_grad_()


def linear1(xb: torch.Tensor, weights: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    return xb @ weights + bias


# %% wrong="linear1: std comes in as a shift; breaks: normal random numbers with standard deviation std (around 0)"
def init_params(shape: tuple[int, ...], std: float = 1.0) -> torch.Tensor:
    return (torch.randn(shape) + (std - 1)).requires_grad_()


def linear1(xb: torch.Tensor, weights: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    return xb @ weights + bias


# %% wrong="linear1: takes the weights out of the graph; breaks: in a way that weights and bias can be trained"
def init_params(shape: tuple[int, ...], std: float = 1.0) -> torch.Tensor:
    return (torch.randn(shape) * std).requires_grad_()


def linear1(xb: torch.Tensor, weights: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    return xb @ weights.data + bias


# %% wrong="linear1: unpacks the shape into rows and columns; breaks: shape is a tuple of any length, (1,) for the bias"
def init_params(shape: tuple[int, ...], std: float = 1.0) -> torch.Tensor:
    rows, columns = shape
    return (torch.randn(rows, columns) * std).requires_grad_()


def linear1(xb: torch.Tensor, weights: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    return xb @ weights + bias


# %% wrong="linear1: adds the bias as a Python number; breaks: the bias can be trained"
def init_params(shape: tuple[int, ...], std: float = 1.0) -> torch.Tensor:
    return (torch.randn(shape) * std).requires_grad_()


def linear1(xb: torch.Tensor, weights: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    return xb @ weights + bias.item()


# %% right="mnist_loss: where"
def mnist_loss(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    p = scores.sigmoid()
    return torch.where(labels == 1, 1 - p, p).mean()


# %% right="mnist_loss: absolute difference"
def mnist_loss(scores, labels):
    return F.l1_loss(torch.sigmoid(scores), labels)


# %% right="mnist_loss: turns the sign of the score for a three, one sigmoid for all"
def mnist_loss(scores, labels):
    towards_wrong = scores * (1 - 2 * labels)
    return torch.sigmoid(towards_wrong).sum() / scores.numel()


# %% wrong="mnist_loss: a straight line with two corners in place of the sigmoid; breaks: squeeze the scores through the sigmoid"
def mnist_loss(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    p = F.hardsigmoid(scores)
    return torch.where(labels == 1, 1 - p, p).mean()


# %% wrong="mnist_loss: the mean of the threes' mean and the sevens' mean; breaks: the mean over the batch (unequal numbers)"
def mnist_loss(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    p = scores.sigmoid()
    three = labels == 1
    if three.all() or not three.any():
        return torch.where(three, 1 - p, p).mean()
    return ((1 - p)[three].mean() + p[~three].mean()) / 2


# %% wrong="mnist_loss: the root of the mean square; breaks: the loss is the mean (of the distances) over the batch"
def mnist_loss(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return (scores.sigmoid() - labels).pow(2).mean().add(1e-14).sqrt()


# %% wrong="mnist_loss: the median; breaks: the mean over the batch"
def mnist_loss(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    p = scores.sigmoid()
    return torch.where(labels == 1, 1 - p, p).median()


# %% wrong="mnist_loss: no gradient through the sevens; breaks: gradients flow back to scores"
def mnist_loss(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    p = scores.sigmoid()
    return torch.where(labels == 1, 1 - p, p.detach()).mean()


# %% right="batches: randperm and split"
def batches(x: torch.Tensor, y: torch.Tensor, size: int, shuffle: bool = True):
    order = torch.randperm(len(x)) if shuffle else torch.arange(len(x))
    for rows in order.split(size):
        yield x[rows], y[rows]


# %% right="batches: a shuffled python list of places, cut by slices"
import random as _random


def batches(x, y, size, shuffle=True):
    places = list(range(len(x)))
    if shuffle:
        _random.shuffle(places)
    start = 0
    while start < len(places):
        some = places[start : start + size]
        start += size
        yield x[some], y[some]


# %% right="batches: puts both in a new order first, then returns the pairs of slices (no yield)"
def batches(x, y, size, shuffle=True):
    if shuffle:
        order = torch.rand(len(x)).argsort()
        x, y = x.index_select(0, order), y.index_select(0, order)
    return zip(x.split(size), y.split(size))


# %% wrong="batches: shuffles pictures and labels apart; breaks: each picture keeps its label"
def batches(x: torch.Tensor, y: torch.Tensor, size: int, shuffle: bool = True):
    if shuffle:
        x, y = x[torch.randperm(len(x))], y[torch.randperm(len(y))]
    for start in range(0, len(x), size):
        yield x[start : start + size], y[start : start + size]


# %% wrong="batches: the same random order every time, by a seeded generator; breaks: a new random order each time"
def batches(x: torch.Tensor, y: torch.Tensor, size: int, shuffle: bool = True):
    order = torch.arange(len(x))
    if shuffle:
        order = torch.randperm(len(x), generator=torch.Generator().manual_seed(42))
    for rows in order.split(size):
        yield x[rows], y[rows]


# %% wrong="batches: shuffles the batches, not the rows; breaks: the rows come in a new random order"
def batches(x: torch.Tensor, y: torch.Tensor, size: int, shuffle: bool = True):
    pieces = list(torch.arange(len(x)).split(size))
    order = torch.randperm(len(pieces)).tolist() if shuffle else range(len(pieces))
    for place in order:
        yield x[pieces[place]], y[pieces[place]]


# %% wrong="batches: leaves out the smaller last batch when it shuffles; breaks: walks through all the rows once, the last batch is smaller"
def batches(x: torch.Tensor, y: torch.Tensor, size: int, shuffle: bool = True):
    if not shuffle:
        yield from zip(x.split(size), y.split(size))
        return
    order = torch.randperm(len(x))
    for batch in range(len(x) // size):
        rows = order[batch * size : (batch + 1) * size]
        yield x[rows], y[rows]


# %% wrong="batches: draws rows with replacement; breaks: each row once"
def batches(x: torch.Tensor, y: torch.Tensor, size: int, shuffle: bool = True):
    order = torch.randint(len(x), (len(x),)) if shuffle else torch.arange(len(x))
    for rows in order.split(size):
        yield x[rows], y[rows]


# %% right="make_loader: blanks filled"
def make_loader(x: torch.Tensor, y: torch.Tensor, size: int):
    dataset = TensorDataset(x, y)
    loader = DataLoader(dataset, batch_size=size, shuffle=True)
    first_x, first_y = next(iter(loader))
    return loader, first_x, first_y


# %% right="make_loader: positional arguments, a loop that stops after one batch"
def make_loader(x, y, size):
    loader = DataLoader(TensorDataset(x, y), size, True)
    for first_x, first_y in loader:
        break
    return loader, first_x, first_y


# %% right="make_loader: a random sampler, starred return"
from torch.utils.data import RandomSampler


def make_loader(x, y, size):
    pairs = TensorDataset(x, y)
    loader = DataLoader(pairs, sampler=RandomSampler(pairs), batch_size=size)
    return loader, *loader.__iter__().__next__()


# %% wrong="make_loader: forgets to shuffle; breaks: a shuffled loader"
def make_loader(x: torch.Tensor, y: torch.Tensor, size: int):
    dataset = TensorDataset(x, y)
    loader = DataLoader(dataset, batch_size=size)
    first_x, first_y = next(iter(loader))
    return loader, first_x, first_y


# %% wrong="make_loader: the first batch is the first rows of the data; breaks: one first batch of it (of the shuffled loader)"
def make_loader(x: torch.Tensor, y: torch.Tensor, size: int):
    dataset = TensorDataset(x, y)
    loader = DataLoader(dataset, batch_size=size, shuffle=True)
    first_x, first_y = dataset[:size]
    return loader, first_x, first_y


# %% wrong="make_loader: batches of four whatever size says; breaks: the batches have the size that is given"
def make_loader(x: torch.Tensor, y: torch.Tensor, size: int):
    dataset = TensorDataset(x, y)
    loader = DataLoader(dataset, batch_size=4, shuffle=True)
    first_x, first_y = next(iter(loader))
    return loader, first_x, first_y


# %% wrong="make_loader: turns the labels into floats; breaks: item number i is the pair of the i-th rows (of x and y as they are)"
def make_loader(x: torch.Tensor, y: torch.Tensor, size: int):
    dataset = TensorDataset(x, y.float())
    loader = DataLoader(dataset, batch_size=size, shuffle=True)
    first_x, first_y = next(iter(loader))
    return loader, first_x, first_y


# %% wrong="make_loader: a sampler with replacement; breaks: a shuffled loader walks through the data set (each row once)"
def make_loader(x: torch.Tensor, y: torch.Tensor, size: int):
    from torch.utils.data import RandomSampler

    dataset = TensorDataset(x, y)
    loader = DataLoader(dataset, batch_size=size, sampler=RandomSampler(dataset, replacement=True))
    first_x, first_y = next(iter(loader))
    return loader, first_x, first_y


# %% right="train_epoch: blanks filled"
def calc_grad(xb, yb, model, loss_func) -> float:
    scores = model(xb)
    loss = loss_func(scores, yb)
    loss.backward()
    return loss.item()


def train_epoch(model, loss_func, loader, params, lr) -> list[float]:
    losses = []
    for xb, yb in loader:
        losses.append(calc_grad(xb, yb, model, loss_func))
        with torch.no_grad():
            for p in params:
                p -= lr * p.grad
                p.grad.zero_()
    return losses


# %% right="train_epoch: a list of losses from an inner function, data and None"
def calc_grad(xb, yb, model, loss_func):
    loss = loss_func(model(xb), yb)
    loss.backward()
    return float(loss.detach())


def train_epoch(model, loss_func, loader, params, lr):
    params = list(params)

    def one_step(xb, yb):
        loss = calc_grad(xb, yb, model, loss_func)
        for p in params:
            if p.grad is not None:
                p.data.add_(p.grad, alpha=-lr)
                p.grad = None
        return loss

    return [one_step(xb, yb) for xb, yb in loader]


# %% right="train_epoch: all steps first, then all gradients cleared, with an iterator and while"
def calc_grad(xb, yb, model, loss_func) -> float:
    cost = loss_func(model(xb), yb)
    torch.autograd.backward(cost)
    return cost.item()


@torch.no_grad()
def _step(params, lr):
    for p in params:
        p.sub_(p.grad.mul(lr))
    for p in params:
        p.grad.detach_().zero_()


def train_epoch(model, loss_func, loader, params, lr) -> list[float]:
    losses, walk = [], iter(loader)
    while (pair := next(walk, None)) is not None:
        losses += [calc_grad(*pair, model, loss_func)]
        _step(params, lr)
    return losses


# %% wrong="train_epoch: never clears the gradients; breaks: one step for each batch, against the gradient of this batch's loss"
def calc_grad(xb, yb, model, loss_func) -> float:
    scores = model(xb)
    loss = loss_func(scores, yb)
    loss.backward()
    return loss.item()


def train_epoch(model, loss_func, loader, params, lr) -> list[float]:
    losses = []
    for xb, yb in loader:
        losses.append(calc_grad(xb, yb, model, loss_func))
        with torch.no_grad():
            for p in params:
                p -= lr * p.grad
                p.grad.detach_()
    return losses


# %% wrong="train_epoch: one step at the end of the epoch; breaks: one step for each batch, and not one for the whole data set"
def calc_grad(xb, yb, model, loss_func) -> float:
    scores = model(xb)
    loss = loss_func(scores, yb)
    loss.backward()
    return loss.item()


def train_epoch(model, loss_func, loader, params, lr) -> list[float]:
    losses = []
    for xb, yb in loader:
        losses.append(calc_grad(xb, yb, model, loss_func))
    with torch.no_grad():
        for p in params:
            p -= lr * p.grad
            p.grad.zero_()
    return losses


# %% wrong="train_epoch: clears only the last parameter's gradient (indentation); breaks: gradients add up until somebody clears them, each step uses its batch only"
def calc_grad(xb, yb, model, loss_func) -> float:
    scores = model(xb)
    loss = loss_func(scores, yb)
    loss.backward()
    return loss.item()


def train_epoch(model, loss_func, loader, params, lr) -> list[float]:
    losses = []
    for xb, yb in loader:
        losses.append(calc_grad(xb, yb, model, loss_func))
        with torch.no_grad():
            for p in params:
                p -= lr * p.grad
            p.grad.zero_()
    return losses


# %% wrong="train_epoch: returns running means; breaks: returns the losses of the batches"
def calc_grad(xb, yb, model, loss_func) -> float:
    scores = model(xb)
    loss = loss_func(scores, yb)
    loss.backward()
    return loss.item()


def train_epoch(model, loss_func, loader, params, lr) -> list[float]:
    losses, total = [], 0.0
    for xb, yb in loader:
        total += calc_grad(xb, yb, model, loss_func)
        losses.append(total / (len(losses) + 1))
        with torch.no_grad():
            for p in params:
                p -= lr * p.grad
                p.grad.zero_()
    return losses


# %% wrong="train_epoch: passes over a last batch that is smaller; breaks: walks through all the batches, one step for each"
def calc_grad(xb, yb, model, loss_func) -> float:
    scores = model(xb)
    loss = loss_func(scores, yb)
    loss.backward()
    return loss.item()


def train_epoch(model, loss_func, loader, params, lr) -> list[float]:
    losses, full = [], None
    for xb, yb in loader:
        full = full or len(xb)
        if len(xb) < full:
            break
        losses.append(calc_grad(xb, yb, model, loss_func))
        with torch.no_grad():
            for p in params:
                p -= lr * p.grad
                p.grad.zero_()
    return losses


# %% right="validate_epoch: metric times rows, divided by all rows"
def batch_accuracy(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return ((scores > 0) == (labels == 1)).float().mean()


def validate_epoch(model, loader, metric) -> float:
    total, rows = 0.0, 0
    with torch.no_grad():
        for xb, yb in loader:
            total += float(metric(model(xb), yb)) * len(xb)
            rows += len(xb)
    return total / rows


# %% right="validate_epoch: decorated with no_grad, weights as tensors; sigmoid above one half"
def batch_accuracy(scores, labels):
    return torch.eq(scores.sigmoid().gt(0.5).to(labels.dtype), labels).double().mean()


@torch.no_grad()
def validate_epoch(model, loader, metric):
    values, rows = zip(*[(float(metric(model(xb), yb)), xb.shape[0]) for xb, yb in loader])
    weights = torch.tensor(rows, dtype=torch.float64)
    return (torch.tensor(values, dtype=torch.float64) @ weights / weights.sum()).item()


# %% right="validate_epoch: a mean that is moved along with each batch; wrong ones counted"
def batch_accuracy(scores, labels):
    wrong = torch.where(labels > 0.5, scores <= 0, scores > 0)
    return 1 - wrong.sum() / wrong.numel()


def validate_epoch(model, loader, metric) -> float:
    before = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    try:
        mean, seen = 0.0, 0
        for xb, yb in loader:
            seen += len(yb)
            mean += (float(metric(model(xb), yb)) - mean) * len(yb) / seen
        return mean
    finally:
        torch.set_grad_enabled(before)


# %% wrong="validate_epoch: three from a score of 0.5 on; breaks: it gets the scores, not the sigmoids (fifty-fifty is 0)"
def batch_accuracy(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return ((scores > 0.5) == (labels == 1)).float().mean()


def validate_epoch(model, loader, metric) -> float:
    total, rows = 0.0, 0
    with torch.no_grad():
        for xb, yb in loader:
            total += float(metric(model(xb), yb)) * len(xb)
            rows += len(xb)
    return total / rows


# %% wrong="validate_epoch: the plain mean of the batches; breaks: every picture counts the same"
def batch_accuracy(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return ((scores > 0) == (labels == 1)).float().mean()


def validate_epoch(model, loader, metric) -> float:
    with torch.no_grad():
        values = [float(metric(model(xb), yb)) for xb, yb in loader]
    return sum(values) / len(values)


# %% wrong="validate_epoch: gradients stay on; breaks: it does not need gradients, so switch them off while it runs"
def batch_accuracy(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return ((scores > 0) == (labels == 1)).float().mean()


def validate_epoch(model, loader, metric) -> float:
    total, rows = 0.0, 0
    for xb, yb in loader:
        total += float(metric(model(xb), yb).detach()) * len(xb)
        rows += len(xb)
    return total / rows


# %% wrong="validate_epoch: gradients stay off afterwards; breaks: switch them off while it runs, and only so long"
def batch_accuracy(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return ((scores > 0) == (labels == 1)).float().mean()


def validate_epoch(model, loader, metric) -> float:
    torch.set_grad_enabled(False)
    total, rows = 0.0, 0
    for xb, yb in loader:
        total += float(metric(model(xb), yb)) * len(xb)
        rows += len(xb)
    return total / rows


# %% wrong="validate_epoch: divides by the length of the data set; breaks: the mean over all rows of the loader (which may drop some, or be no DataLoader)"
def batch_accuracy(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return ((scores > 0) == (labels == 1)).float().mean()


def validate_epoch(model, loader, metric) -> float:
    with torch.no_grad():
        total = sum(float(metric(model(xb), yb)) * len(xb) for xb, yb in loader)
    return total / len(loader.dataset)


# %% right="BasicOptim: a list of the parameters, no_grad, gradients set to None"
class BasicOptim:
    def __init__(self, params, lr: float):
        self.params, self.lr = list(params), lr

    def step(self) -> None:
        with torch.no_grad():
            for p in self.params:
                if p.grad is not None:
                    p -= self.lr * p.grad

    def zero_grad(self) -> None:
        for p in self.params:
            p.grad = None


# %% right="BasicOptim: a tuple, decorated step, gradients filled with zeros"
class BasicOptim:
    def __init__(self, params, lr):
        self.params = tuple(params)
        self.lr = lr

    def with_gradient(self):
        return (p for p in self.params if p.grad is not None)

    @torch.no_grad()
    def step(self):
        for p in self.with_gradient():
            p.add_(p.grad, alpha=-self.lr)

    def zero_grad(self):
        for p in self.with_gradient():
            p.grad = torch.zeros_like(p.grad)


# %% right="BasicOptim: inherits from torch's Optimizer and writes the step only"
class BasicOptim(torch.optim.Optimizer):
    def __init__(self, params, lr: float):
        super().__init__(list(params), {"lr": lr})

    def step(self) -> None:
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                p.data -= group["lr"] * p.grad.data

    def zero_grad(self) -> None:
        super().zero_grad(set_to_none=True)


# %% wrong="BasicOptim: step clears the gradients itself; breaks: step() itself leaves them as they are"
class BasicOptim:
    def __init__(self, params, lr: float):
        self.params, self.lr = list(params), lr

    def step(self) -> None:
        with torch.no_grad():
            for p in self.params:
                if p.grad is not None:
                    p -= self.lr * p.grad
                    p.grad = None

    def zero_grad(self) -> None:
        for p in self.params:
            p.grad = None


# %% wrong="BasicOptim: steps all parameters without looking for None; breaks: leaves alone a parameter that has none"
class BasicOptim:
    def __init__(self, params, lr: float):
        self.params, self.lr = list(params), lr

    def step(self) -> None:
        with torch.no_grad():
            for p in self.params:
                p -= self.lr * p.grad

    def zero_grad(self) -> None:
        for p in self.params:
            if p.grad is not None:
                p.grad.zero_()


# %% wrong="BasicOptim: stops at the first parameter without a gradient; breaks: step() moves every parameter (that has one)"
class BasicOptim:
    def __init__(self, params, lr: float):
        self.params, self.lr = list(params), lr

    def step(self) -> None:
        with torch.no_grad():
            for p in self.params:
                if p.grad is None:
                    return
                p -= self.lr * p.grad

    def zero_grad(self) -> None:
        for p in self.params:
            p.grad = None


# %% wrong="BasicOptim: has momentum; breaks: plain stochastic gradient descent, and a step after zero_grad moves nothing"
class BasicOptim:
    def __init__(self, params, lr: float):
        self.params, self.lr = list(params), lr
        self.speed = [torch.zeros_like(p) for p in self.params]

    def step(self) -> None:
        with torch.no_grad():
            for p, speed in zip(self.params, self.speed):
                if p.grad is not None:
                    speed.mul_(0.9).add_(p.grad)
                    p -= self.lr * speed

    def zero_grad(self) -> None:
        for p in self.params:
            if p.grad is not None:
                p.grad.zero_()


# %% wrong="BasicOptim: zero_grad comes back after the first gradient it has cleared; breaks: a step after it moves nothing"
class BasicOptim:
    def __init__(self, params, lr: float):
        self.params, self.lr = list(params), lr

    def step(self) -> None:
        with torch.no_grad():
            for p in self.params:
                if p.grad is not None:
                    p -= self.lr * p.grad

    def zero_grad(self) -> None:
        for p in self.params:
            if p.grad is not None:
                p.grad = None
                return


# %% right="TinyLearner: loss, backward, step, zero_grad"
class TinyLearner:
    def __init__(self, train_dl, valid_dl, model, loss_func, opt_func, validate):
        self.train_dl, self.valid_dl, self.model = train_dl, valid_dl, model
        self.loss_func, self.opt_func, self.validate = loss_func, opt_func, validate
        self.history = []

    def fit(self, epochs: int, lr: float) -> None:
        opt = self.opt_func(self.model.parameters(), lr)
        opt.zero_grad()
        for _ in range(epochs):
            self.model.train()
            for xb, yb in self.train_dl:
                self.loss_func(self.model(xb), yb).backward()
                opt.step()
                opt.zero_grad()
            self.model.eval()
            self.history.append(self.validate(self.model, self.valid_dl))


# %% right="TinyLearner: split into methods, zero_grad first"
class TinyLearner:
    def __init__(self, train_dl, valid_dl, model, loss_func, opt_func, validate):
        self.train_dl, self.valid_dl, self.model = train_dl, valid_dl, model
        self.loss_func, self.opt_func, self.validate = loss_func, opt_func, validate
        self.history = []

    def one_batch(self, opt, xb, yb):
        opt.zero_grad()
        loss = self.loss_func(self.model(xb), yb)
        loss.backward()
        opt.step()

    def one_epoch(self, opt):
        self.model.train()
        for batch in self.train_dl:
            self.one_batch(opt, *batch)
        self.model.eval()
        return self.validate(self.model, self.valid_dl)

    def fit(self, epochs: int, lr: float) -> None:
        opt = self.opt_func(list(self.model.parameters()), lr)
        self.history += [self.one_epoch(opt) for _ in range(epochs)]


# %% right="TinyLearner: attributes one by one, train(True) and train(False), a while loop"
class TinyLearner:
    def __init__(self, train_dl, valid_dl, model, loss_func, opt_func, validate):
        self.train_dl = train_dl
        self.valid_dl = valid_dl
        self.model = model
        self.loss_func = loss_func
        self.opt_func = opt_func
        self.validate = validate
        self.history = list()

    def fit(self, epochs, lr):
        net = self.model
        optimiser = self.opt_func(net.parameters(), lr)
        left = epochs
        while left > 0:
            net.train(True)
            for inputs, targets in self.train_dl:
                outputs = net(inputs)
                cost = self.loss_func(outputs, targets)
                optimiser.zero_grad()
                cost.backward()
                optimiser.step()
            net.train(False)
            self.history.append(self.validate(net, self.valid_dl))
            left -= 1


# %% wrong="TinyLearner: a fresh optimiser in every epoch; breaks: it makes one optimiser for the whole training (momentum is lost)"
class TinyLearner:
    def __init__(self, train_dl, valid_dl, model, loss_func, opt_func, validate):
        self.train_dl, self.valid_dl, self.model = train_dl, valid_dl, model
        self.loss_func, self.opt_func, self.validate = loss_func, opt_func, validate
        self.history = []

    def fit(self, epochs: int, lr: float) -> None:
        for _ in range(epochs):
            opt = self.opt_func(self.model.parameters(), lr)
            self.model.train()
            for xb, yb in self.train_dl:
                self.loss_func(self.model(xb), yb).backward()
                opt.step()
                opt.zero_grad()
            self.model.eval()
            self.history.append(self.validate(self.model, self.valid_dl))


# %% wrong="TinyLearner: training mode only before the first epoch; breaks: in every epoch it puts the model into training mode"
class TinyLearner:
    def __init__(self, train_dl, valid_dl, model, loss_func, opt_func, validate):
        self.train_dl, self.valid_dl, self.model = train_dl, valid_dl, model
        self.loss_func, self.opt_func, self.validate = loss_func, opt_func, validate
        self.history = []

    def fit(self, epochs: int, lr: float) -> None:
        opt = self.opt_func(self.model.parameters(), lr)
        self.model.train()
        for _ in range(epochs):
            for xb, yb in self.train_dl:
                self.loss_func(self.model(xb), yb).backward()
                opt.step()
                opt.zero_grad()
            self.model.eval()
            self.history.append(self.validate(self.model, self.valid_dl))


# %% wrong="TinyLearner: validates in training mode, evaluation mode comes after; breaks: puts the model into evaluation mode, and (then) appends the value of validate"
class TinyLearner:
    def __init__(self, train_dl, valid_dl, model, loss_func, opt_func, validate):
        self.train_dl, self.valid_dl, self.model = train_dl, valid_dl, model
        self.loss_func, self.opt_func, self.validate = loss_func, opt_func, validate
        self.history = []

    def fit(self, epochs: int, lr: float) -> None:
        opt = self.opt_func(self.model.parameters(), lr)
        for _ in range(epochs):
            self.model.train()
            for xb, yb in self.train_dl:
                self.loss_func(self.model(xb), yb).backward()
                opt.step()
                opt.zero_grad()
            self.history.append(self.validate(self.model, self.valid_dl))
            self.model.eval()


# %% wrong="TinyLearner: each fit begins with the weights of the first; breaks: called a second time, fit trains on from where the model stands"
class TinyLearner:
    def __init__(self, train_dl, valid_dl, model, loss_func, opt_func, validate):
        self.train_dl, self.valid_dl, self.model = train_dl, valid_dl, model
        self.loss_func, self.opt_func, self.validate = loss_func, opt_func, validate
        self.history = []
        self.start = {name: value.clone() for name, value in model.state_dict().items()}

    def fit(self, epochs: int, lr: float) -> None:
        self.model.load_state_dict(self.start)
        opt = self.opt_func(self.model.parameters(), lr)
        for _ in range(epochs):
            self.model.train()
            for xb, yb in self.train_dl:
                self.loss_func(self.model(xb), yb).backward()
                opt.step()
                opt.zero_grad()
            self.model.eval()
            self.history.append(self.validate(self.model, self.valid_dl))


# %% wrong="TinyLearner: trains until the history is as long as epochs says; breaks: trains for that many epochs, a second fit too"
class TinyLearner:
    def __init__(self, train_dl, valid_dl, model, loss_func, opt_func, validate):
        self.train_dl, self.valid_dl, self.model = train_dl, valid_dl, model
        self.loss_func, self.opt_func, self.validate = loss_func, opt_func, validate
        self.history = []

    def fit(self, epochs: int, lr: float) -> None:
        opt = self.opt_func(self.model.parameters(), lr)
        while len(self.history) < epochs:
            self.model.train()
            for xb, yb in self.train_dl:
                self.loss_func(self.model(xb), yb).backward()
                opt.step()
                opt.zero_grad()
            self.model.eval()
            self.history.append(self.validate(self.model, self.valid_dl))


# %% right="collapse: multiplied out"
def collapse(w1, b1, w2, b2):
    return w1 @ w2, b1 @ w2 + b2


# %% right="collapse: einsum"
def collapse(w1, b1, w2, b2):
    weights = torch.einsum("nm,mk->nk", w1, w2)
    bias = torch.einsum("m,mk->k", b1, w2).add(b2)
    return weights, bias


# %% right="collapse: asks the two layers what they do to zero and to each unit vector"
def collapse(w1, b1, w2, b2):
    def both(x):
        return (x @ w1 + b1) @ w2 + b2

    n = w1.shape[0]
    bias = both(torch.zeros(n, dtype=w1.dtype))
    return both(torch.eye(n, dtype=w1.dtype)) - bias, bias


# %% wrong="collapse: adds up b1 times w2 over both axes; breaks: bias (k,), each output has a sum of its own"
def collapse(w1, b1, w2, b2):
    return w1 @ w2, (b1[:, None] * w2).sum() + b2


# %% wrong="collapse: the sum of b1 times the mean weight; breaks: the layer that gives the same result (only for m = 1 is it this)"
def collapse(w1, b1, w2, b2):
    return w1 @ w2, b1.sum() * w2.mean(dim=0) + b2


# %% wrong="collapse: puts a ReLU between the layers; breaks: two linear layers, one after the other (negative weights)"
def collapse(w1, b1, w2, b2):
    return F.relu(w1) @ w2, F.relu(b1) @ w2 + b2


# %% wrong="collapse: divides the products by the width in between; breaks: the same result for every x (only for m = 1)"
def collapse(w1, b1, w2, b2):
    m = w1.shape[1]
    return w1 @ w2 / m, b1 @ w2 / m + b2


# %% wrong="collapse: the weights come out as (k, n), as nn.Linear stores them; breaks: weights (n, k)"
def collapse(w1, b1, w2, b2):
    return w2.T @ w1.T, w2.T @ b1 + b2


# %% right="digit_resnet: blanks filled"
def digit_resnet(classes: int) -> nn.Module:
    net = resnet18(weights=None, num_classes=classes)
    net.conv1 = nn.Conv2d(1, 64, kernel_size=7, stride=2, padding=3, bias=False)
    return net


# %% right="digit_resnet: copies the settings of the old layer"
def digit_resnet(classes):
    net = resnet18(num_classes=classes)
    old = net.conv1
    net.conv1 = nn.Conv2d(
        1,
        old.out_channels,
        kernel_size=old.kernel_size,
        stride=old.stride,
        padding=old.padding,
        bias=old.bias is not None,
    )
    return net


# %% right="digit_resnet: a thousand classes first, head and first layer replaced by setattr"
def digit_resnet(classes):
    net = resnet18(weights=None)
    parts = {
        "conv1": nn.Conv2d(1, 64, (7, 7), (2, 2), (3, 3), bias=False),
        "fc": nn.Linear(net.fc.in_features, classes),
    }
    for name, part in parts.items():
        setattr(net, name, part)
    return net


# %% wrong="digit_resnet: no padding; breaks: a first layer that is otherwise the same (padding 3)"
def digit_resnet(classes: int) -> nn.Module:
    net = resnet18(weights=None, num_classes=classes)
    net.conv1 = nn.Conv2d(1, 64, kernel_size=7, stride=2, padding=0, bias=False)
    return net


# %% wrong="digit_resnet: the first layer has a bias; breaks: otherwise the same"
def digit_resnet(classes: int) -> nn.Module:
    net = resnet18(weights=None, num_classes=classes)
    net.conv1 = nn.Conv2d(1, 64, kernel_size=7, stride=2, padding=3, bias=True)
    return net


# %% wrong="digit_resnet: stride 1, because the pictures are small; breaks: otherwise the same (stride 2)"
def digit_resnet(classes: int) -> nn.Module:
    net = resnet18(weights=None, num_classes=classes)
    net.conv1 = nn.Conv2d(1, 64, kernel_size=7, stride=1, padding=3, bias=False)
    return net


# %% wrong="digit_resnet: always one output; breaks: with classes outputs"
def digit_resnet(classes: int) -> nn.Module:
    net = resnet18(weights=None, num_classes=1)
    net.conv1 = nn.Conv2d(1, 64, kernel_size=7, stride=2, padding=3, bias=False)
    return net


# %% wrong="digit_resnet: puts a second linear layer on top of the thousand classes; breaks: a ResNet-18 with classes outputs, only its first layer replaced"
def digit_resnet(classes: int) -> nn.Module:
    net = resnet18(weights=None)
    net.fc = nn.Sequential(net.fc, nn.Linear(1000, classes))
    net.conv1 = nn.Conv2d(1, 64, kernel_size=7, stride=2, padding=3, bias=False)
    return net


# %% right="nearest_digit: blanks filled"
def nearest_digit(x, y, unknown, p: float = 2) -> torch.Tensor:
    means = torch.stack([x[y == digit].mean(0) for digit in range(10)])
    gaps = torch.cdist(unknown.flatten(1), means.flatten(1), p)
    return gaps.argmin(1)


# %% right="nearest_digit: means by index_add, distances by broadcasting and a norm"
def nearest_digit(x, y, unknown, p=2):
    rows = x.flatten(1)
    totals = torch.zeros(10, rows.shape[1], dtype=rows.dtype).index_add_(0, y, rows)
    means = totals / y.bincount(minlength=10)[:, None]
    gaps = torch.linalg.vector_norm(unknown.flatten(1)[:, None] - means[None], ord=p, dim=-1)
    return gaps.min(dim=-1).indices


# %% right="nearest_digit: one unknown picture after the other, python min"
def nearest_digit(x, y, unknown, p=2):
    means = {digit: x[y == digit].mean(dim=0) for digit in range(10)}
    answers = []
    for picture in unknown:
        gaps = {digit: (picture - mean).abs().pow(p).sum().item() for digit, mean in means.items()}
        answers.append(min(gaps, key=gaps.get))
    return torch.tensor(answers, dtype=torch.long)


# %% wrong="nearest_digit: always measures with p = 2; breaks: torch.cdist(a, b, p) with the p that is given"
def nearest_digit(x, y, unknown, p: float = 2) -> torch.Tensor:
    means = torch.stack([x[y == digit].mean(0) for digit in range(10)])
    gaps = torch.cdist(unknown.flatten(1), means.flatten(1))
    return gaps.argmin(1)


# %% wrong="nearest_digit: the label of the nearest single picture; breaks: the digit whose mean picture is nearest"
def nearest_digit(x, y, unknown, p: float = 2) -> torch.Tensor:
    gaps = torch.cdist(unknown.flatten(1), x.flatten(1), p)
    return y[gaps.argmin(1)]


# %% wrong="nearest_digit: adds the pictures up and does not divide; breaks: the mean picture (more than one of a digit)"
def nearest_digit(x, y, unknown, p: float = 2) -> torch.Tensor:
    totals = torch.stack([x[y == digit].sum(0) for digit in range(10)])
    gaps = torch.cdist(unknown.flatten(1), totals.flatten(1), p)
    return gaps.argmin(1)


# %% wrong="nearest_digit: cuts x into ten equal pieces in order; breaks: the mean of the pictures with that label (in any order, any number)"
def nearest_digit(x, y, unknown, p: float = 2) -> torch.Tensor:
    each = len(x) // 10
    means = torch.stack([x[digit * each : (digit + 1) * each].mean(0) for digit in range(10)])
    gaps = torch.cdist(unknown.flatten(1), means.flatten(1), p)
    return gaps.argmin(1)


# %% wrong="nearest_digit: the default is p = 1; breaks: p: float = 2"
def nearest_digit(x, y, unknown, p: float = 1) -> torch.Tensor:
    means = torch.stack([x[y == digit].mean(0) for digit in range(10)])
    gaps = torch.cdist(unknown.flatten(1), means.flatten(1), p)
    return gaps.argmin(1)


# %% right="softmax_loss: shifted scores, log of the sum minus the right score"
def softmax_loss(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    shifted = scores - scores.amax(dim=1, keepdim=True)
    right = shifted[torch.arange(len(labels)), labels]
    return (shifted.exp().sum(dim=1).log() - right).mean()


# %% right="softmax_loss: row by row in a loop"
def softmax_loss(scores, labels):
    costs = []
    for row, label in zip(scores, labels.tolist()):
        gaps = row - row[label]  # the right class has 0
        top = gaps.max().detach()
        costs.append(top + torch.log(torch.sum(torch.exp(gaps - top))))
    return sum(costs) / len(costs)


# %% right="softmax_loss: gather, a detached maximum, log-probabilities of all classes"
def softmax_loss(scores, labels):
    top, _ = scores.detach().max(1, keepdim=True)
    log_total = top + (scores - top).exp().sum(1, keepdim=True).log()
    log_p = scores - log_total
    return -log_p.gather(1, labels.view(-1, 1)).sum() / labels.numel()


# %% wrong="softmax_loss: takes away the largest score of the whole batch; breaks: the largest of the row first (another row far below gives log 0)"
def softmax_loss(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    shifted = scores - scores.max()
    right = shifted[torch.arange(len(labels)), labels]
    return (shifted.exp().sum(dim=1).log() - right).mean()


# %% wrong="softmax_loss: no shift; breaks: one point is for large scores, e to the 1000 is infinite"
def softmax_loss(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    right = scores[torch.arange(len(labels)), labels]
    return (scores.exp().sum(dim=1).log() - right).mean()


# %% wrong="softmax_loss: probabilities are kept above one in a million; breaks: sure and wrong costs a lot, without limit"
def softmax_loss(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    exps = (scores - scores.amax(dim=1, keepdim=True)).exp()
    p = exps / exps.sum(dim=1, keepdim=True)
    return -p[torch.arange(len(labels)), labels].clamp(min=1e-6).log().mean()


# %% wrong="softmax_loss: every row with every label; breaks: -log(softmax(scores)[label]) of its own label"
def softmax_loss(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    shifted = scores - scores.amax(dim=1, keepdim=True)
    return (shifted.exp().sum(dim=1, keepdim=True).log() - shifted[:, labels]).mean()


# %% wrong="softmax_loss: takes away the largest score of each class, over the batch; breaks: the same number is taken from all scores of a row"
def softmax_loss(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    shifted = scores - scores.amax(dim=0)
    right = shifted[torch.arange(len(labels)), labels]
    return (shifted.exp().sum(dim=1).log() - right).mean()


# %% right="train_net: the labels become a column"
def train_net(net, x, y, lr: float, steps: int) -> list[float]:
    opt = torch.optim.SGD(net.parameters(), lr)
    losses = []
    for _ in range(steps):
        sure = net(x).sigmoid()
        loss = torch.where(y[:, None] == 1, 1 - sure, sure).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% right="train_net: the scores lose their second axis, the loss without where"
def train_net(net, x, y, lr, steps):
    opt = torch.optim.SGD(net.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        opt.zero_grad()
        sure = torch.sigmoid(net(x).squeeze(1))
        loss = (sure - (y == 1).float()).abs().mean()
        loss.backward()
        opt.step()
        losses += [float(loss)]
    return losses


# %% right="train_net: only the diagonal of the n by n table counts, a helper for the loss"
def train_net(net, x, y, lr, steps):
    def loss_now():
        sure = net(x).sigmoid()
        table = torch.where(y == 1, 1 - sure, sure)  # row: which score, column: which label
        return table.diagonal().mean()

    opt, losses = torch.optim.SGD(net.parameters(), lr), []
    for _ in range(steps):
        loss = loss_now()
        opt.zero_grad(set_to_none=True)
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="train_net: mends the shape, and loses zero_grad; breaks: there is one mistake, the rest was right (gradients add up)"
def train_net(net, x, y, lr: float, steps: int) -> list[float]:
    opt = torch.optim.SGD(net.parameters(), lr)
    losses = []
    for _ in range(steps):
        sure = net(x)[:, 0].sigmoid()
        loss = torch.where(y == 1, 1 - sure, sure).mean()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="train_net: trains a copy; breaks: trains net in place"
def train_net(net, x, y, lr: float, steps: int) -> list[float]:
    import copy

    net = copy.deepcopy(net)
    opt = torch.optim.SGD(net.parameters(), lr)
    losses = []
    for _ in range(steps):
        sure = net(x)[:, 0].sigmoid()
        loss = torch.where(y == 1, 1 - sure, sure).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="train_net: looks at the first eight pictures only; breaks: on all of x and y"
def train_net(net, x, y, lr: float, steps: int) -> list[float]:
    x, y = x[:8], y[:8]
    opt = torch.optim.SGD(net.parameters(), lr)
    losses = []
    for _ in range(steps):
        sure = net(x)[:, 0].sigmoid()
        loss = torch.where(y == 1, 1 - sure, sure).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="train_net: another optimiser; breaks: there is one mistake, and SGD was none"
def train_net(net, x, y, lr: float, steps: int) -> list[float]:
    opt = torch.optim.Adam(net.parameters(), lr)
    losses = []
    for _ in range(steps):
        sure = net(x)[:, 0].sigmoid()
        loss = torch.where(y == 1, 1 - sure, sure).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="train_net: stops when the loss no longer falls; breaks: steps says how many, and as many losses are returned"
def train_net(net, x, y, lr: float, steps: int) -> list[float]:
    opt = torch.optim.SGD(net.parameters(), lr)
    losses = []
    for _ in range(steps):
        sure = net(x)[:, 0].sigmoid()
        loss = torch.where(y == 1, 1 - sure, sure).mean()
        if losses and loss.item() > losses[-1] - 1e-3:
            break
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses
