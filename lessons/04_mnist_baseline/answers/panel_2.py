# Answers by a panel that read only the released notebook: what `course audit` grades and counts apart. No student sees them.

# %% right="stack_pictures: preallocated float tensor, filled by copy_, divided in place"
def stack_pictures(pictures: list[torch.Tensor]) -> torch.Tensor:
    """One float32 tensor (n, height, width), from 0 to 1, out of n pictures of type uint8."""
    result = torch.empty(len(pictures), *pictures[0].shape, dtype=torch.float32)
    for place, picture in enumerate(pictures):
        result[place].copy_(picture)
    return result.div_(255)


# %% right="stack_pictures: numpy stack and astype, then back to torch"
import numpy as np


def stack_pictures(pictures: list[torch.Tensor]) -> torch.Tensor:
    """One float32 tensor (n, height, width), from 0 to 1, out of n pictures of type uint8."""
    table = np.stack([picture.numpy() for picture in pictures]).astype(np.float32)
    table /= 255
    return torch.from_numpy(table)


# %% right="stack_pictures: torch.cat of unsqueezed pictures and torchvision's convert_image_dtype"
from torchvision.transforms.functional import convert_image_dtype


def stack_pictures(pictures: list[torch.Tensor]) -> torch.Tensor:
    """One float32 tensor (n, height, width), from 0 to 1, out of n pictures of type uint8."""
    return convert_image_dtype(torch.cat([picture.unsqueeze(0) for picture in pictures], dim=0), torch.float32)


# %% wrong="stack_pictures: divides by the largest byte of the whole stack; breaks: 255 means full ink in every picture, also in one that happens to be faint; seen with a list whose largest byte is 100"
def stack_pictures(pictures: list[torch.Tensor]) -> torch.Tensor:
    stack = torch.stack(pictures).float()
    return stack / stack.max()


# %% wrong="stack_pictures: scales each picture by its own maximum; breaks: 255 means full ink in every picture, also in one that happens to be faint; seen with one bright and one faint picture"
def stack_pictures(pictures: list[torch.Tensor]) -> torch.Tensor:
    scaled = []
    for picture in pictures:
        picture = picture.float()
        scaled.append(picture / picture.max().clamp(min=1))
    return torch.stack(scaled)


# %% wrong="stack_pictures: cat and reshape with height and width swapped; breaks: One float32 tensor (n, height, width); seen with pictures that are not square, 3 x 5"
def stack_pictures(pictures: list[torch.Tensor]) -> torch.Tensor:
    width = pictures[0].shape[1]
    return torch.cat(pictures).reshape(len(pictures), width, -1).float() / 255


# %% wrong="stack_pictures: divides only if some byte is above 1; breaks: 255 means full ink in every picture, also in one that happens to be faint; seen with pictures of bytes 0 and 1 only"
def stack_pictures(pictures: list[torch.Tensor]) -> torch.Tensor:
    stack = torch.stack(pictures).to(torch.float32)
    if stack.max() > 1:
        stack = stack / 255
    return stack


# %% wrong="stack_pictures: overwrites the items of the caller's list; breaks: it leaves its inputs unchanged; seen with any list, which holds floats afterwards"
def stack_pictures(pictures: list[torch.Tensor]) -> torch.Tensor:
    for i in range(len(pictures)):
        pictures[i] = pictures[i].float() / 255
    return torch.stack(pictures)


# %% right="summarise: the blanks filled, axes counted from the end"
def summarise(pictures: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The mean picture, the mean ink of each picture, and the picture with the most ink."""
    template = pictures.mean(-3)
    ink = pictures.mean(dim=(-1, -2))
    heaviest = pictures[ink.argmax()]
    return template, ink, heaviest


# %% right="summarise: flattened rows, sums divided by counts, topk"
def summarise(pictures: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    n, height, width = pictures.shape
    rows = pictures.reshape(n, height * width)
    template = (rows.sum(dim=0) / n).reshape(height, width)
    ink = rows.sum(dim=1) / (height * width)
    return template, ink, pictures[ink.topk(1).indices[0]]


# %% right="summarise: python loops over the pictures and max with a key"
def summarise(pictures: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    total = torch.zeros_like(pictures[0])
    inks = []
    for picture in pictures:
        total = total + picture
        inks.append(picture.mean())
    ink = torch.stack(inks)
    best = max(range(len(inks)), key=lambda place: inks[place].item())
    return total / len(pictures), ink, pictures[best].clone()


# %% wrong="summarise: ink is a sum and not a mean; breaks: ink, for each picture, the mean of all its pixels; seen with any picture of more than one pixel"
def summarise(pictures: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    template = pictures.mean(0)
    ink = pictures.sum(dim=(1, 2))
    heaviest = pictures[ink.argmax()]
    return template, ink, heaviest


# %% wrong="summarise: ink keeps the reduced axes; breaks: ink, shape (n,); seen with any stack, where it is (n, 1, 1)"
def summarise(pictures: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    template = pictures.mean(dim=0)
    ink = pictures.mean(dim=(1, 2), keepdim=True)
    heaviest = pictures[ink.argmax()]
    return template, ink, heaviest


# %% wrong="summarise: heaviest is the picture with the darkest single pixel; breaks: the picture with the most ink; seen with one picture of a single 1.0 beside one of all 0.9"
def summarise(pictures: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    template = pictures.mean(dim=0)
    ink = pictures.mean(dim=(1, 2))
    heaviest = pictures[pictures.flatten(1).max(dim=1).values.argmax()]
    return template, ink, heaviest


# %% wrong="summarise: heaviest keeps the picture axis; breaks: heaviest, shape (height, width); seen with any stack, where it is (1, height, width)"
def summarise(pictures: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    template = pictures.mean(dim=0)
    ink = pictures.mean(dim=(1, 2))
    heaviest = pictures[ink.topk(1).indices]
    return template, ink, heaviest


# %% wrong="summarise: ink averages the inked pixels only; breaks: the mean of all its pixels; seen with pictures that have bare paper (zeros)"
def summarise(pictures: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    template = pictures.mean(dim=0)
    ink = pictures.sum(dim=(1, 2)) / (pictures > 0).sum(dim=(1, 2)).clamp(min=1)
    heaviest = pictures[ink.argmax()]
    return template, ink, heaviest


# %% right="distances: vector_norm of order 1 and matrix_norm, divided by the number of pixels"
def l1_distance(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The mean absolute difference over the last two axes: (..., height, width) in, (...) out."""
    difference = a - b
    return torch.linalg.vector_norm(difference, ord=1, dim=(-2, -1)) / (difference.shape[-1] * difference.shape[-2])


def rmse_distance(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The root of the mean squared difference over the last two axes."""
    difference = a - b
    return torch.linalg.matrix_norm(difference) / (difference.shape[-1] * difference.shape[-2]) ** 0.5


# %% right="distances: one helper, flattened pixels, torch.maximum for the magnitude"
def _gaps(a, b):
    return torch.sub(a, b).flatten(start_dim=-2)


def l1_distance(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    gaps = _gaps(a, b)
    return torch.maximum(gaps, -gaps).mean(-1)


def rmse_distance(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return _gaps(a, b).square().mean(-1).sqrt()


# %% right="distances: broadcast_tensors and the loss functions of torch without reduction"
def _mean_of(loss, a, b):
    a, b = torch.broadcast_tensors(a, b)
    return loss(a, b, reduction="none").mean(dim=-1).mean(dim=-1)


def l1_distance(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return _mean_of(F.l1_loss, a, b)


def rmse_distance(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return _mean_of(F.mse_loss, a, b) ** 0.5


# %% wrong="distances: mean over all axes; breaks: from (n, 28, 28) and (28, 28) it makes n numbers; seen with a stack"
def l1_distance(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return (a - b).abs().mean()


def rmse_distance(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return ((a - b) ** 2).mean().sqrt()


# %% wrong="distances: looks only at the rank of a; breaks: (..., height, width) in, (...) out; seen with a one picture and b a stack, or with rank 4"
def l1_distance(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    gaps = (a - b).abs()
    return gaps.mean(dim=(1, 2)) if a.ndim == 3 else gaps.mean()


def rmse_distance(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    gaps = (a - b) ** 2
    return gaps.mean(dim=(1, 2)).sqrt() if a.ndim == 3 else gaps.mean().sqrt()


# %% wrong="distances: RMSE takes the root in each row and averages the roots; breaks: The root of the mean squared difference over the last two axes; seen with errors that sit in one row only"
def l1_distance(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return (a - b).abs().mean(dim=(-1, -2))


def rmse_distance(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return (a - b).pow(2).mean(-1).sqrt().mean(-1)


# %% wrong="distances: L1 lets signs cancel within a row; breaks: The mean absolute difference over the last two axes; seen with a row of differences +1 and -1"
def l1_distance(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return (a - b).mean(dim=-1).abs().mean(dim=-1)


def rmse_distance(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return (a - b).pow(2).mean(dim=(-1, -2)).sqrt()


# %% wrong="distances: casts everything to float32; breaks: it accepts float32 and float64 and returns tensors of the same type; seen with float64"
def l1_distance(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return (a.float() - b.float()).abs().mean((-2, -1))


def rmse_distance(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return (a.float() - b.float()).pow(2).mean((-2, -1)).sqrt()


# %% right="is_3: torch.lt, and a count divided by numel"
def is_3(pictures, three, seven, distance):
    """For each picture, True where it is closer to the ideal three than to the ideal seven."""
    return torch.lt(distance(pictures, three), distance(pictures, seven))


def accuracy(answers: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The share of answers that equal their labels; ValueError when the shapes differ."""
    if answers.shape != labels.shape:
        raise ValueError(f"shapes differ: {tuple(answers.shape)} and {tuple(labels.shape)}")
    return torch.count_nonzero(answers == labels) / answers.numel()


# %% right="is_3: one picture after the other, and accuracy as one minus the share of errors"
def is_3(pictures, three, seven, distance):
    answers = [bool(distance(picture, three) < distance(picture, seven)) for picture in pictures]
    return torch.tensor(answers, dtype=torch.bool)


def accuracy(answers: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    same_rank = answers.dim() == labels.dim()
    if not same_rank or any(m != n for m, n in zip(answers.shape, labels.shape, strict=True)):
        raise ValueError("answers and labels must have the same shape")
    return 1 - answers.ne(labels).float().mean()


# %% right="is_3: sign of the difference of the distances, and a python sum over the flat tensors"
def is_3(pictures, three, seven, distance):
    lead = distance(pictures, seven) - distance(pictures, three)
    return lead > 0


def accuracy(answers: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    if list(answers.size()) != list(labels.size()):
        raise ValueError("give me two tensors of one shape")
    pairs = list(zip(answers.flatten().tolist(), labels.flatten().tolist(), strict=True))
    return torch.tensor(sum(a == b for a, b in pairs) / len(pairs))


# %% wrong="is_3: a tie counts as a three; breaks: A picture in the very middle is not closer to either, so the answer is False; seen with a picture half way"
def is_3(pictures, three, seven, distance):
    return distance(pictures, three) <= distance(pictures, seven)


def accuracy(answers: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    if answers.shape != labels.shape:
        raise ValueError("shapes differ")
    return (answers == labels).float().mean()


# %% wrong="is_3: always measures with l1_distance; breaks: by whatever distance it is given; seen with rmse_distance where L1 and RMSE disagree"
def is_3(pictures, three, seven, distance=None):
    return l1_distance(pictures, three) < l1_distance(pictures, seven)


def accuracy(answers: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    if answers.shape != labels.shape:
        raise ValueError("shapes differ")
    return (answers == labels).float().mean()


# %% wrong="is_3: accuracy compares only the lengths; breaks: let accuracy raise a ValueError when the shapes differ; seen with shapes (n,) and (n, 1)"
def is_3(pictures, three, seven, distance):
    return distance(pictures, three) < distance(pictures, seven)


def accuracy(answers: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    if len(answers) != len(labels):
        raise ValueError("not as many answers as labels")
    return (answers == labels).float().mean()


# %% wrong="is_3: accuracy is one minus the mean absolute difference; breaks: The share of answers that equal their labels; seen with whole numbers from 0 to 3, where 3 for 0 counts three times"
def is_3(pictures, three, seven, distance):
    return distance(pictures, three) < distance(pictures, seven)


def accuracy(answers: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    if answers.shape != labels.shape:
        raise ValueError("shapes differ")
    return 1 - (answers.float() - labels.float()).abs().mean()


# %% wrong="is_3: accuracy asserts; breaks: ValueError when the shapes differ; seen with (n,) and (n, 1), which give an AssertionError"
def is_3(pictures, three, seven, distance):
    return distance(pictures, three) < distance(pictures, seven)


def accuracy(answers: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    assert answers.shape == labels.shape, "shapes differ"
    return (answers == labels).float().mean()


# %% right="descend: an SGD optimiser of torch on the one tensor"
def descend(t: torch.Tensor, y: torch.Tensor, params: torch.Tensor, lr: float) -> float:
    """One step downhill for `params`, changed in place; returns the loss before the step."""
    optimiser = torch.optim.SGD([params], lr=lr)
    optimiser.zero_grad()
    loss = F.mse_loss(quadratic(t, params), y)
    loss.backward()
    optimiser.step()
    optimiser.zero_grad()
    return loss.item()


# %% right="descend: torch.autograd.grad and sub_ under no_grad"
def descend(t: torch.Tensor, y: torch.Tensor, params: torch.Tensor, lr: float) -> float:
    errors = quadratic(t, params) - y
    loss = errors.pow(2).mean()
    (slope,) = torch.autograd.grad(loss, params)
    with torch.no_grad():
        params.sub_(slope, alpha=lr)
    params.grad = None
    return loss.item()


# %% right="descend: torch.func.grad_and_value on a detached copy, copied back"
def descend(t: torch.Tensor, y: torch.Tensor, params: torch.Tensor, lr: float) -> float:
    def loss_of(p):
        return torch.mean((y - quadratic(t, p)) ** 2)

    start = params.detach().clone()
    slope, loss = torch.func.grad_and_value(loss_of)(start)
    with torch.no_grad():
        params.copy_(start - lr * slope)
        if params.grad is not None:
            params.grad.zero_()
    return loss.item()


# %% wrong="descend: never clears the gradient; breaks: leave no gradient behind in it for the next trip; seen with params.grad afterwards and in the second step"
def descend(t: torch.Tensor, y: torch.Tensor, params: torch.Tensor, lr: float) -> float:
    loss = ((quadratic(t, params) - y) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        params -= lr * params.grad
    return loss.item()


# %% wrong="descend: clears the gradient at the start only; breaks: params.grad is None or zero afterwards; seen with params.grad after one call"
def descend(t: torch.Tensor, y: torch.Tensor, params: torch.Tensor, lr: float) -> float:
    params.grad = None
    loss = ((quadratic(t, params) - y) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        params -= lr * params.grad
    return loss.item()


# %% wrong="descend: learning rate written as 0.1; breaks: One step downhill with lr, how short is the learning rate; seen with lr other than 0.1"
def descend(t: torch.Tensor, y: torch.Tensor, params: torch.Tensor, lr: float) -> float:
    loss = ((quadratic(t, params) - y) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        params -= 0.1 * params.grad
    params.grad = None
    return loss.item()


# %% wrong="descend: switches requires_grad of params off and leaves it off; breaks: params is a tensor that requires a gradient, changed in place and no gradient left for the next trip; seen with a second call, which raises RuntimeError"
def descend(t: torch.Tensor, y: torch.Tensor, params: torch.Tensor, lr: float) -> float:
    loss = ((quadratic(t, params) - y) ** 2).mean()
    loss.backward()
    slope = params.grad
    params.grad = None
    params.requires_grad_(False)
    params -= lr * slope
    return loss.item()


# %% wrong="descend: switches autograd off globally; breaks: Outside of your function, gradients are recorded as before; seen with torch.is_grad_enabled() after one call"
def descend(t: torch.Tensor, y: torch.Tensor, params: torch.Tensor, lr: float) -> float:
    torch.set_grad_enabled(True)
    loss = ((quadratic(t, params) - y) ** 2).mean()
    loss.backward()
    torch.set_grad_enabled(False)
    params -= lr * params.grad
    params.grad.zero_()
    return loss.item()


# %% right="linear1: normal_ on an empty tensor, torch.addmm"
def init_params(shape: tuple[int, ...], std: float = 1.0) -> torch.Tensor:
    """Normal random numbers of this standard deviation, that autograd watches."""
    return torch.empty(shape).normal_(mean=0.0, std=std).requires_grad_()


def linear1(xb: torch.Tensor, weights: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    """The scores of a batch: (batch, pixels) and (pixels, 1) in, (batch, 1) out."""
    return torch.addmm(bias, xb, weights)


# %% right="linear1: nn.Parameter of torch.normal, F.linear with turned weights"
def init_params(shape: tuple[int, ...], std: float = 1.0) -> torch.Tensor:
    return nn.Parameter(torch.normal(0.0, float(std), size=tuple(shape)))


def linear1(xb: torch.Tensor, weights: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    return F.linear(xb, weights.T, bias)


# %% right="linear1: numbers drawn by numpy, einsum for the product"
import numpy as np


def init_params(shape: tuple[int, ...], std: float = 1.0) -> torch.Tensor:
    numbers = std * np.random.standard_normal(shape)
    params = torch.tensor(numbers, dtype=torch.float32)
    params.requires_grad = True
    return params


def linear1(xb: torch.Tensor, weights: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    return torch.einsum("bp,po->bo", xb, weights) + bias


# %% wrong="linear1: uniform numbers with the right mean and standard deviation; breaks: a tensor of normal random numbers; seen with a large shape, where none is beyond 1.74 std"
def init_params(shape: tuple[int, ...], std: float = 1.0) -> torch.Tensor:
    return ((torch.rand(shape) - 0.5) * 12**0.5 * std).requires_grad_()


def linear1(xb: torch.Tensor, weights: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    return xb @ weights + bias


# %% wrong="linear1: std taken for a variance; breaks: mean 0 and standard deviation std; seen with std=0.1, which gives 0.32"
def init_params(shape: tuple[int, ...], std: float = 1.0) -> torch.Tensor:
    return (torch.randn(shape) * std**0.5).requires_grad_()


def linear1(xb: torch.Tensor, weights: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    return xb @ weights + bias


# %% wrong="linear1: the bias is added as a Python number; breaks: in a way that weights and bias can be trained; seen with bias.grad, which stays None after backward"
def init_params(shape: tuple[int, ...], std: float = 1.0) -> torch.Tensor:
    return (torch.randn(shape) * std).requires_grad_()


def linear1(xb: torch.Tensor, weights: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    return xb @ weights + bias.item()


# %% wrong="linear1: ignores std; breaks: standard deviation std; seen with init_params((784, 1), std=0.1)"
def init_params(shape: tuple[int, ...], std: float = 1.0) -> torch.Tensor:
    return torch.randn(shape, requires_grad=True)


def linear1(xb: torch.Tensor, weights: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    return xb @ weights + bias


# %% wrong="linear1: seeds the generator in every call; breaks: every call draws afresh and seeds no random generator; seen with two calls that agree"
def init_params(shape: tuple[int, ...], std: float = 1.0) -> torch.Tensor:
    torch.manual_seed(42)
    return (torch.randn(shape) * std).requires_grad_()


def linear1(xb: torch.Tensor, weights: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    return xb @ weights + bias


# %% right="mnist_loss: one sigmoid of the score with its sign turned"
def mnist_loss(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The mean distance between sigmoid(score) and label; labels are 1.0 or 0.0."""
    signs = 1 - 2 * labels
    return torch.sigmoid(scores * signs).mean()


# %% right="mnist_loss: F.l1_loss of the squeezed scores"
def mnist_loss(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return F.l1_loss(torch.sigmoid(scores), labels)


# %% right="mnist_loss: sigmoid written out, a weighted sum of the two cases, divided by the number of scores"
def mnist_loss(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    def sure(s):
        return (1 + torch.tanh(s / 2)) / 2

    p = sure(scores)
    costs = labels * (1 - p) + (1 - labels) * p
    return costs.sum() / costs.numel()


# %% wrong="mnist_loss: hard sigmoid; breaks: Squeeze the scores through the sigmoid; seen with score 1, where it is 0.667 and not 0.731"
def mnist_loss(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    p = F.hardsigmoid(scores)
    return torch.where(labels == 1, 1 - p, p).mean()


# %% wrong="mnist_loss: tanh moved to 0..1, which is too steep; breaks: Squeeze the scores through the sigmoid; seen with score 1, where it is 0.881 and not 0.731"
def mnist_loss(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    p = (torch.tanh(scores) + 1) / 2
    return torch.where(labels == 1, 1 - p, p).mean()


# %% wrong="mnist_loss: averages the two classes apart; breaks: The loss is the mean over the batch; seen with three threes and one seven, and nan with one class only"
def mnist_loss(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    p = scores.sigmoid()
    return ((1 - p[labels == 1]).mean() + p[labels == 0].mean()) / 2


# %% wrong="mnist_loss: the gradient of the sevens is lost; breaks: gradients flow back to scores; seen with a label 0, whose slope is 0"
def mnist_loss(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    p = scores.sigmoid()
    return torch.where(labels == 1, 1 - p, p.detach()).mean()


# %% wrong="mnist_loss: sigmoid in place on the data of the caller; breaks: it leaves its inputs unchanged; seen with any scores"
def mnist_loss(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    p = scores.sigmoid_()
    return torch.where(labels == 1, 1 - p, p).mean()


# %% right="batches: zip of split tensors, no yield"
def batches(x: torch.Tensor, y: torch.Tensor, size: int, shuffle: bool = True):
    """Yields (xb, yb), `size` rows at a time, each row once."""
    if shuffle:
        order = torch.randperm(len(x))
        x, y = x[order], y[order]
    return zip(x.split(size), y.split(size), strict=True)


# %% right="batches: a list of pairs, the order from Python's random module"
import random


def batches(x: torch.Tensor, y: torch.Tensor, size: int, shuffle: bool = True):
    places = list(range(len(x)))
    if shuffle:
        random.shuffle(places)
    return [(x[places[k : k + size]], y[places[k : k + size]]) for k in range(0, len(places), size)]


# %% right="batches: a generator that takes rows one at a time from the argsort of random keys"
def batches(x: torch.Tensor, y: torch.Tensor, size: int, shuffle: bool = True):
    order = torch.rand(len(y), dtype=torch.float64).argsort() if shuffle else torch.arange(len(y))
    xs, ys = [], []
    for place in order.tolist():
        xs.append(x[place])
        ys.append(y[place])
        if len(xs) == size:
            yield torch.stack(xs), torch.stack(ys)
            xs, ys = [], []
    if xs:
        yield torch.stack(xs), torch.stack(ys)


# %% wrong="batches: shuffles the order of fixed batches only; breaks: the rows come in a new random order each time; seen with shuffle, where rows 0 and 1 always meet"
def batches(x: torch.Tensor, y: torch.Tensor, size: int, shuffle: bool = True):
    pieces = list(zip(x.split(size), y.split(size)))
    order = torch.randperm(len(pieces)).tolist() if shuffle else range(len(pieces))
    for k in order:
        yield pieces[k]


# %% wrong="batches: draws with replacement; breaks: walks through all the rows once; seen with shuffle, where rows are missing and others come twice"
def batches(x: torch.Tensor, y: torch.Tensor, size: int, shuffle: bool = True):
    n = len(x)
    order = torch.randint(0, n, (n,)) if shuffle else torch.arange(n)
    for places in order.split(size):
        yield x[places], y[places]


# %% wrong="batches: a generator seeded anew in each call; breaks: a new random order each time; seen with two walks in the same order"
def batches(x: torch.Tensor, y: torch.Tensor, size: int, shuffle: bool = True):
    order = torch.arange(len(x))
    if shuffle:
        order = torch.randperm(len(x), generator=torch.Generator().manual_seed(0))
    for places in order.split(size):
        yield x[places], y[places]


# %% wrong="batches: one empty batch too many when size divides the number of rows; breaks: The last batch is smaller if there are not enough rows left, size rows at a time; seen with 4 rows in twos"
def batches(x: torch.Tensor, y: torch.Tensor, size: int, shuffle: bool = True):
    n = len(x)
    order = torch.randperm(n) if shuffle else torch.arange(n)
    for start in range(0, n + 1, size):
        places = order[start : start + size]
        yield x[places], y[places]


# %% wrong="batches: two separate random orders; breaks: each picture keeps its label; seen with shuffle and x equal to y"
def batches(x: torch.Tensor, y: torch.Tensor, size: int, shuffle: bool = True):
    if shuffle:
        x = x[torch.randperm(len(x))]
        y = y[torch.randperm(len(y))]
    for k in range(0, len(x), size):
        yield x[k : k + size], y[k : k + size]


# %% right="make_loader: the blanks filled"
def make_loader(x: torch.Tensor, y: torch.Tensor, size: int):
    """A shuffled loader of (x, y) batches, and one first batch of it."""
    dataset = TensorDataset(x, y)
    loader = DataLoader(dataset, batch_size=size, shuffle=True)
    first_x, first_y = next(iter(loader))
    return loader, first_x, first_y


# %% right="make_loader: a data set class of our own and a RandomSampler"
from torch.utils.data import Dataset, RandomSampler


class Pairs(Dataset):
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __len__(self):
        return len(self.x)

    def __getitem__(self, place):
        return self.x[place], self.y[place]


def make_loader(x: torch.Tensor, y: torch.Tensor, size: int):
    dataset = Pairs(x, y)
    loader = DataLoader(dataset, batch_size=size, sampler=RandomSampler(dataset))
    for first_x, first_y in loader:
        break
    return loader, first_x, first_y


# %% right="make_loader: a plain list of pairs as the data set, first batch by unpacking a whole walk"
def make_loader(x: torch.Tensor, y: torch.Tensor, size: int):
    pairs = list(zip(x, y, strict=True))
    loader = DataLoader(pairs, size, True)
    (first_x, first_y), *_ = loader
    return loader, first_x, first_y


# %% wrong="make_loader: the first batch is cut from x and y; breaks: take a first batch out of the loader; seen with x = arange, where it is always the first rows in order"
def make_loader(x: torch.Tensor, y: torch.Tensor, size: int):
    dataset = TensorDataset(x, y)
    loader = DataLoader(dataset, batch_size=size, shuffle=True)
    first_x, first_y = dataset[:size]
    return loader, first_x, first_y


# %% wrong="make_loader: shuffles once and not in each walk; breaks: the loader is shuffled, and item number i is the pair of the i-th rows; seen with two walks through one loader, which agree"
def make_loader(x: torch.Tensor, y: torch.Tensor, size: int):
    order = torch.randperm(len(x))
    dataset = TensorDataset(x[order], y[order])
    loader = DataLoader(dataset, batch_size=size)
    first_x, first_y = next(iter(loader))
    return loader, first_x, first_y


# %% wrong="make_loader: samples with replacement; breaks: A DataLoader walks through a data set in batches, shuffled; seen with one walk over distinct rows, where some are missing"
from torch.utils.data import RandomSampler


def make_loader(x: torch.Tensor, y: torch.Tensor, size: int):
    dataset = TensorDataset(x, y)
    loader = DataLoader(dataset, batch_size=size, sampler=RandomSampler(dataset, replacement=True))
    first_x, first_y = next(iter(loader))
    return loader, first_x, first_y


# %% wrong="make_loader: flattens each picture into a row; breaks: hands out x and y as they are; seen with x of shape (n, 28, 28) or (n,)"
def make_loader(x: torch.Tensor, y: torch.Tensor, size: int):
    dataset = TensorDataset(x.reshape(len(x), -1), y)
    loader = DataLoader(dataset, batch_size=size, shuffle=True)
    first_x, first_y = next(iter(loader))
    return loader, first_x, first_y


# %% wrong="make_loader: a seeded generator; breaks: every call draws afresh and seeds no random generator; seen with two calls that give the same order"
def make_loader(x: torch.Tensor, y: torch.Tensor, size: int):
    dataset = TensorDataset(x, y)
    loader = DataLoader(dataset, batch_size=size, shuffle=True, generator=torch.Generator().manual_seed(1))
    first_x, first_y = next(iter(loader))
    return loader, first_x, first_y


# %% right="train_epoch: the blanks filled, gradients set to zero"
def calc_grad(xb, yb, model, loss_func) -> float:
    """Puts the gradient of this batch's loss into the parameters; returns the loss."""
    scores = model(xb)
    loss = loss_func(scores, yb)
    loss.backward()
    return loss.item()


def train_epoch(model, loss_func, loader, params, lr) -> list[float]:
    """One step for each batch, on params in place; returns the losses of the batches."""
    losses = []
    for xb, yb in loader:
        losses.append(calc_grad(xb, yb, model, loss_func))
        with torch.no_grad():
            for p in params:
                p -= lr * p.grad
                p.grad.zero_()
    return losses


# %% right="train_epoch: an SGD optimiser of torch does the step and the clearing"
def calc_grad(xb, yb, model, loss_func) -> float:
    loss = loss_func(model(xb), yb)
    torch.autograd.backward(loss)
    return float(loss.detach())


def train_epoch(model, loss_func, loader, params, lr) -> list[float]:
    optimiser = torch.optim.SGD(list(params), lr=lr)

    def one_step(batch):
        loss = calc_grad(*batch, model, loss_func)
        optimiser.step()
        optimiser.zero_grad()
        return loss

    return [one_step(batch) for batch in loader]


# %% right="train_epoch: a decorated helper for the step, add_ with alpha, gradients become None"
def calc_grad(xb, yb, model, loss_func) -> float:
    loss = loss_func(model(xb), yb)
    loss.backward()
    return loss.detach().cpu().tolist()


@torch.no_grad()
def _downhill(params, lr):
    for p in params:
        p.add_(p.grad, alpha=-lr)
        p.grad = None


def train_epoch(model, loss_func, loader, params, lr) -> list[float]:
    params = [*params]
    losses = []
    batches_to_come = iter(loader)
    while (batch := next(batches_to_come, None)) is not None:
        xb, yb = batch
        losses += [calc_grad(xb, yb, model, loss_func)]
        _downhill(params, lr)
    return losses


# %% wrong="train_epoch: one step for the whole data set, after the loop; breaks: One such step for each batch, and not one for the whole data set; seen with two batches"
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


# %% wrong="train_epoch: returns one mean of all batches; breaks: returns the losses of the batches; seen with two batches"
def calc_grad(xb, yb, model, loss_func) -> float:
    scores = model(xb)
    loss = loss_func(scores, yb)
    loss.backward()
    return loss.item()


def train_epoch(model, loss_func, loader, params, lr) -> list[float]:
    total, count = 0.0, 0
    for xb, yb in loader:
        total += calc_grad(xb, yb, model, loss_func)
        count += 1
        with torch.no_grad():
            for p in params:
                p -= lr * p.grad
                p.grad.zero_()
    return [total / count]


# %% wrong="train_epoch: clearing outside of the loop over parameters, so only the last is cleared; breaks: step for each batch (the gradient of this batch), gradients accumulate; seen with weight and bias and two batches"
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


# %% wrong="train_epoch: the list of losses is a default argument, shared by all calls; breaks: returns the losses of the batches (of this epoch); seen with a second epoch, whose list holds the first one too"
def calc_grad(xb, yb, model, loss_func) -> float:
    scores = model(xb)
    loss = loss_func(scores, yb)
    loss.backward()
    return loss.item()


def train_epoch(model, loss_func, loader, params, lr, losses=[]) -> list[float]:
    for xb, yb in loader:
        losses.append(calc_grad(xb, yb, model, loss_func))
        with torch.no_grad():
            for p in params:
                p -= lr * p.grad
                p.grad.zero_()
    return losses


# %% wrong="train_epoch: gradients are never cleared; breaks: Puts the gradient of this batch's loss into the parameters, one step for each batch; seen with two batches, where the second step has the gradient of both"
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


# %% wrong="train_epoch: losses stay tensors with their graph; breaks: it returns plain Python numbers, not tensors; seen with any call"
def calc_grad(xb, yb, model, loss_func) -> float:
    scores = model(xb)
    loss = loss_func(scores, yb)
    loss.backward()
    return loss


def train_epoch(model, loss_func, loader, params, lr) -> list[float]:
    losses = []
    for xb, yb in loader:
        losses.append(calc_grad(xb, yb, model, loss_func))
        with torch.no_grad():
            for p in params:
                p -= lr * p.grad
                p.grad.zero_()
    return losses


# %% right="validate_epoch: decorator, sums in Python floats"
def batch_accuracy(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The share of scores on the right side."""
    return ((scores > 0) == (labels == 1)).float().mean()


@torch.no_grad()
def validate_epoch(model, loader, metric) -> float:
    """The mean of metric(model(xb), yb) over all rows of the loader."""
    total, rows = 0.0, 0
    for xb, yb in loader:
        total += float(metric(model(xb), yb)) * len(xb)
        rows += len(xb)
    return total / rows


# %% right="validate_epoch: inference_mode and numpy's weighted average"
import numpy as np


def batch_accuracy(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    guesses = scores.ge(0).to(labels.dtype)
    return 1 - (guesses - labels).abs().mean()


def validate_epoch(model, loader, metric) -> float:
    values, weights = [], []
    with torch.inference_mode():
        for xb, yb in loader:
            values.append(float(metric(model(xb), yb)))
            weights.append(yb.shape[0])
    return float(np.average(values, weights=weights))


# %% right="validate_epoch: a running mean that is pulled towards each batch by its share"
def batch_accuracy(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    right_side = torch.where(labels > 0.5, scores > 0, scores <= 0)
    return right_side.sum() / right_side.numel()


def validate_epoch(model, loader, metric) -> float:
    mean, seen = 0.0, 0
    before = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    try:
        for xb, yb in loader:
            seen += len(yb)
            mean += (float(metric(model(xb), yb)) - mean) * len(yb) / seen
    finally:
        torch.set_grad_enabled(before)
    return mean


# %% wrong="validate_epoch: plain mean of the batches; breaks: every picture counts the same; seen with a smaller last batch"
def batch_accuracy(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return ((scores > 0) == (labels == 1)).float().mean()


def validate_epoch(model, loader, metric) -> float:
    with torch.no_grad():
        values = [float(metric(model(xb), yb)) for xb, yb in loader]
    return sum(values) / len(values)


# %% wrong="validate_epoch: divides by the length of the data set; breaks: a loader may leave rows of its data set out (drop_last=True), the mean over all that a loader hands out; seen with drop_last and rows left over"
def batch_accuracy(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return ((scores > 0) == (labels == 1)).float().mean()


def validate_epoch(model, loader, metric) -> float:
    total = 0.0
    with torch.no_grad():
        for xb, yb in loader:
            total += float(metric(model(xb), yb)) * len(xb)
    return total / len(loader.dataset)


# %% wrong="validate_epoch: batch_accuracy cuts scores at 0.5; breaks: It gets the scores, not the sigmoids, think about which score means fifty-fifty; seen with score 0.3 and label 1"
def batch_accuracy(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return ((scores > 0.5) == (labels == 1)).float().mean()


def validate_epoch(model, loader, metric) -> float:
    total, rows = 0.0, 0
    with torch.no_grad():
        for xb, yb in loader:
            total += float(metric(model(xb), yb)) * len(xb)
            rows += len(xb)
    return total / rows


# %% wrong="validate_epoch: gradients are recorded while the model runs, only the metric is under no_grad; breaks: It does not need gradients, so switch them off while it runs; seen with torch.is_grad_enabled() inside the model"
def batch_accuracy(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return ((scores > 0) == (labels == 1)).float().mean()


def validate_epoch(model, loader, metric) -> float:
    total, rows = 0.0, 0
    for xb, yb in loader:
        scores = model(xb)
        with torch.no_grad():
            total += float(metric(scores, yb)) * len(xb)
        rows += len(xb)
    return total / rows


# %% wrong="validate_epoch: weighs every batch by loader.batch_size; breaks: every picture counts the same; seen with a smaller last batch"
def batch_accuracy(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return ((scores > 0) == (labels == 1)).float().mean()


def validate_epoch(model, loader, metric) -> float:
    total, rows = 0.0, 0
    with torch.no_grad():
        for xb, yb in loader:
            total += float(metric(model(xb), yb)) * loader.batch_size
            rows += len(xb)
    return total / rows


# %% wrong="validate_epoch: switches gradients off and never on again; breaks: switch them off while it runs, and only so long; seen with torch.is_grad_enabled() afterwards"
def batch_accuracy(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return ((scores > 0) == (labels == 1)).float().mean()


def validate_epoch(model, loader, metric) -> float:
    torch.set_grad_enabled(False)
    total, rows = 0.0, 0
    for xb, yb in loader:
        total += float(metric(model(xb), yb)) * len(xb)
        rows += len(xb)
    return total / rows


# %% right="BasicOptim: a list, p.data.sub_, gradients set to None"
class BasicOptim:
    """Plain stochastic gradient descent."""

    def __init__(self, params, lr: float):
        self.params, self.lr = list(params), lr

    def step(self) -> None:
        """One step against the gradient, in place."""
        for p in self.params:
            if p.grad is not None:
                p.data.sub_(self.lr * p.grad.data)

    def zero_grad(self) -> None:
        """Forget the gradients."""
        for p in self.params:
            p.grad = None


# %% right="BasicOptim: wraps an SGD of torch"
class BasicOptim:
    """Plain stochastic gradient descent."""

    def __init__(self, params, lr: float):
        self._inner = torch.optim.SGD([p for p in params], lr=lr, momentum=0)

    def step(self) -> None:
        self._inner.step()

    def zero_grad(self) -> None:
        self._inner.zero_grad(set_to_none=False)


# %% right="BasicOptim: a tuple, no_grad as decorator, filter helper, zero_ of what is there"
class BasicOptim:
    """Plain stochastic gradient descent."""

    def __init__(self, params, lr: float):
        self.weights = (*params,)
        self.rate = lr

    def _touched(self):
        return (w for w in self.weights if w.grad is not None)

    @torch.no_grad()
    def step(self) -> None:
        for w in self._touched():
            w.copy_(torch.add(w, w.grad, alpha=-self.rate))

    def zero_grad(self) -> None:
        for w in self._touched():
            w.grad = torch.zeros_like(w.grad)


# %% wrong="BasicOptim: does not expect parameters without a gradient; breaks: leaves alone a parameter that has none (p.grad is None); seen with one unused parameter, which raises"
class BasicOptim:
    """Plain stochastic gradient descent."""

    def __init__(self, params, lr: float):
        self.params, self.lr = list(params), lr

    def step(self) -> None:
        with torch.no_grad():
            for p in self.params:
                p -= self.lr * p.grad

    def zero_grad(self) -> None:
        for p in self.params:
            p.grad = None


# %% wrong="BasicOptim: step stops at the first parameter without a gradient; breaks: step() moves every parameter against its gradient; seen with an unused parameter in front of a used one"
class BasicOptim:
    """Plain stochastic gradient descent."""

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


# %% wrong="BasicOptim: multiplies the gradient by lr in place; breaks: step() itself leaves them as they are; seen with two steps along one gradient, or p.grad after a step"
class BasicOptim:
    """Plain stochastic gradient descent."""

    def __init__(self, params, lr: float):
        self.params, self.lr = list(params), lr

    def step(self) -> None:
        with torch.no_grad():
            for p in self.params:
                if p.grad is not None:
                    p -= p.grad.mul_(self.lr)

    def zero_grad(self) -> None:
        for p in self.params:
            p.grad = None


# %% wrong="BasicOptim: the list belongs to the class and is shared; breaks: step() moves every parameter (of this optimiser, with its own lr); seen with two optimisers, where a step of the second moves parameters of the first"
class BasicOptim:
    """Plain stochastic gradient descent."""

    params = []

    def __init__(self, params, lr: float):
        self.params += list(params)
        self.lr = lr

    def step(self) -> None:
        with torch.no_grad():
            for p in self.params:
                if p.grad is not None:
                    p -= self.lr * p.grad

    def zero_grad(self) -> None:
        for p in self.params:
            p.grad = None


# %% wrong="BasicOptim: step clears the gradients itself; breaks: step() itself leaves them as they are; seen with p.grad after a step"
class BasicOptim:
    """Plain stochastic gradient descent."""

    def __init__(self, params, lr: float):
        self.params, self.lr = list(params), lr

    def step(self) -> None:
        with torch.no_grad():
            for p in self.params:
                if p.grad is not None:
                    p -= self.lr * p.grad
        self.zero_grad()

    def zero_grad(self) -> None:
        for p in self.params:
            p.grad = None


# %% wrong="BasicOptim: keeps the generator; breaks: params may be a generator, which can be iterated only once; seen with model.parameters() and zero_grad after the first step"
class BasicOptim:
    """Plain stochastic gradient descent."""

    def __init__(self, params, lr: float):
        self.params, self.lr = params, lr

    def step(self) -> None:
        with torch.no_grad():
            for p in self.params:
                if p.grad is not None:
                    p -= self.lr * p.grad

    def zero_grad(self) -> None:
        for p in self.params:
            p.grad = None


# %% right="TinyLearner: the plain double loop"
class TinyLearner:
    """Ties data, model, loss and optimiser together; remembers how good it was after each epoch."""

    def __init__(self, train_dl, valid_dl, model, loss_func, opt_func, validate):
        self.train_dl, self.valid_dl, self.model = train_dl, valid_dl, model
        self.loss_func, self.opt_func, self.validate = loss_func, opt_func, validate
        self.history = []

    def fit(self, epochs: int, lr: float) -> None:
        """Trains for that many epochs; the history grows by one value an epoch."""
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


# %% right="TinyLearner: small methods, calc_grad of an earlier exercise, a list of parameters, clearing before each batch"
class TinyLearner:
    """Ties data, model, loss and optimiser together; remembers how good it was after each epoch."""

    def __init__(self, train_dl, valid_dl, model, loss_func, opt_func, validate):
        self.train_dl, self.valid_dl, self.model = train_dl, valid_dl, model
        self.loss_func, self.opt_func, self.validate = loss_func, opt_func, validate
        self.history = []

    def _train(self, opt):
        self.model.train()
        for xb, yb in self.train_dl:
            opt.zero_grad()
            calc_grad(xb, yb, self.model, self.loss_func)
            opt.step()

    def _judge(self):
        self.model.eval()
        return self.validate(self.model, self.valid_dl)

    def fit(self, epochs: int, lr: float) -> None:
        params = list(self.model.parameters())
        for p in params:
            p.grad = None
        opt = self.opt_func(params, lr)
        while epochs > 0:
            self._train(opt)
            self.history += [self._judge()]
            epochs -= 1


# %% right="TinyLearner: autograd.grad puts the gradients into the parameters, model.zero_grad clears, a generator feeds extend"
class TinyLearner:
    """Ties data, model, loss and optimiser together; remembers how good it was after each epoch."""

    def __init__(self, train_dl, valid_dl, model, loss_func, opt_func, validate):
        self.train_dl, self.valid_dl, self.model = train_dl, valid_dl, model
        self.loss_func, self.opt_func, self.validate = loss_func, opt_func, validate
        self.history = []

    def fit(self, epochs: int, lr: float) -> None:
        model = self.model
        model.zero_grad(set_to_none=True)
        opt = self.opt_func(model.parameters(), lr)
        watched = [p for p in model.parameters() if p.requires_grad]

        def epoch():
            model.train(True)
            for xb, yb in self.train_dl:
                slopes = torch.autograd.grad(self.loss_func(model(xb), yb), watched, allow_unused=True)
                for p, slope in zip(watched, slopes, strict=True):
                    p.grad = slope
                opt.step()
                model.zero_grad(set_to_none=True)
            model.train(False)
            return self.validate(model, self.valid_dl)

        self.history.extend(epoch() for _ in range(epochs))


# %% wrong="TinyLearner: a new optimiser in each epoch; breaks: It makes one optimiser for all its epochs; seen with momentum and two epochs, or by counting calls of opt_func"
class TinyLearner:
    def __init__(self, train_dl, valid_dl, model, loss_func, opt_func, validate):
        self.train_dl, self.valid_dl, self.model = train_dl, valid_dl, model
        self.loss_func, self.opt_func, self.validate = loss_func, opt_func, validate
        self.history = []

    def fit(self, epochs: int, lr: float) -> None:
        for _ in range(epochs):
            opt = self.opt_func(self.model.parameters(), lr)
            opt.zero_grad()
            self.model.train()
            for xb, yb in self.train_dl:
                self.loss_func(self.model(xb), yb).backward()
                opt.step()
                opt.zero_grad()
            self.model.eval()
            self.history.append(self.validate(self.model, self.valid_dl))


# %% wrong="TinyLearner: training mode only once, before the epochs; breaks: In every epoch it puts the model into training mode; seen with the mode during the second epoch"
class TinyLearner:
    def __init__(self, train_dl, valid_dl, model, loss_func, opt_func, validate):
        self.train_dl, self.valid_dl, self.model = train_dl, valid_dl, model
        self.loss_func, self.opt_func, self.validate = loss_func, opt_func, validate
        self.history = []

    def fit(self, epochs: int, lr: float) -> None:
        opt = self.opt_func(self.model.parameters(), lr)
        opt.zero_grad()
        self.model.train()
        for _ in range(epochs):
            for xb, yb in self.train_dl:
                self.loss_func(self.model(xb), yb).backward()
                opt.step()
                opt.zero_grad()
            self.model.eval()
            self.history.append(self.validate(self.model, self.valid_dl))


# %% right="TinyLearner: does not clear what the parameters hold at the start, where none holds anything"
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
            self.model.eval()
            self.history.append(self.validate(self.model, self.valid_dl))


# %% wrong="TinyLearner: keeps the optimiser of the first fit; breaks: Called a second time, fit makes a new optimiser; seen with two fits of different lr, or momentum"
class TinyLearner:
    def __init__(self, train_dl, valid_dl, model, loss_func, opt_func, validate):
        self.train_dl, self.valid_dl, self.model = train_dl, valid_dl, model
        self.loss_func, self.opt_func, self.validate = loss_func, opt_func, validate
        self.history = []
        self.opt = None

    def fit(self, epochs: int, lr: float) -> None:
        if self.opt is None:
            self.opt = self.opt_func(self.model.parameters(), lr)
        self.opt.zero_grad()
        for _ in range(epochs):
            self.model.train()
            for xb, yb in self.train_dl:
                self.loss_func(self.model(xb), yb).backward()
                self.opt.step()
                self.opt.zero_grad()
            self.model.eval()
            self.history.append(self.validate(self.model, self.valid_dl))


# %% wrong="TinyLearner: a second fit empties the history; breaks: the history grows by one value an epoch (remembers how good it was after each epoch); seen with fit called twice"
class TinyLearner:
    def __init__(self, train_dl, valid_dl, model, loss_func, opt_func, validate):
        self.train_dl, self.valid_dl, self.model = train_dl, valid_dl, model
        self.loss_func, self.opt_func, self.validate = loss_func, opt_func, validate
        self.history = []

    def fit(self, epochs: int, lr: float) -> None:
        opt = self.opt_func(self.model.parameters(), lr)
        opt.zero_grad()
        self.history = []
        for _ in range(epochs):
            self.model.train()
            for xb, yb in self.train_dl:
                self.loss_func(self.model(xb), yb).backward()
                opt.step()
                opt.zero_grad()
            self.model.eval()
            self.history.append(self.validate(self.model, self.valid_dl))


# %% wrong="TinyLearner: validates in training mode; breaks: puts the model into evaluation mode (model.eval()) before it validates; seen with the mode inside validate"
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
            self.history.append(self.validate(self.model, self.valid_dl))
        self.model.eval()


# %% right="collapse: augmented matrices, one product for weights and bias"
def collapse(w1, b1, w2, b2):
    """Weights (n, k) and bias (k,) of the one linear layer that equals the two in a row."""
    both = torch.cat([w1, b1[None]]) @ w2  # the bias is the weight of an input that is always 1
    return both[:-1], both[-1] + b2


# %% right="collapse: einsum and addmv"
def collapse(w1, b1, w2, b2):
    weights = torch.einsum("nm,mk->nk", w1, w2)
    bias = torch.addmv(b2, w2.T, b1)
    return weights, bias


# %% right="collapse: the same through nn.functional, turning the weights"
def collapse(w1, b1, w2, b2):
    def second(rows, bias=None):
        return F.linear(rows, w2.transpose(0, 1), bias)

    return second(w1), second(b1, b2)


# %% wrong="collapse: the bias is summed over all outputs; breaks: gives the same result for every x; seen with k = 2"
def collapse(w1, b1, w2, b2):
    w = w1 @ w2
    b = (b1 * w2.T).sum() + b2
    return w, b


# %% wrong="collapse: weights turned as in nn.Linear; breaks: Weights (n, k); seen with n not equal to k, or any w that is not symmetric"
def collapse(w1, b1, w2, b2):
    w = w2.T @ w1.T
    b = b1 @ w2 + b2
    return w, b


# %% wrong="collapse: only the first column of w2 meets b1; breaks: gives the same result for every x; seen with k = 2"
def collapse(w1, b1, w2, b2):
    w = w1.matmul(w2)
    b = torch.dot(b1, w2[:, 0]) + b2
    return w, b


# %% wrong="collapse: sums b1 and w2 separately; breaks: gives the same result for every x; seen with m = 2"
def collapse(w1, b1, w2, b2):
    w = w1 @ w2
    b = b1.sum() * w2.sum(dim=0) + b2
    return w, b


# %% wrong="collapse: adds to b2 in place; breaks: it leaves its inputs unchanged; seen with b2 after any call"
def collapse(w1, b1, w2, b2):
    b2 += b1 @ w2
    return w1 @ w2, b2


# %% right="digit_resnet: the new layer is built from what the old one says"
def digit_resnet(classes: int) -> nn.Module:
    """An untrained ResNet-18 for pictures of one channel."""
    net = resnet18(weights=None, num_classes=classes)
    old = net.conv1
    net.conv1 = nn.Conv2d(
        1, old.out_channels, old.kernel_size, stride=old.stride, padding=old.padding, bias=old.bias is not None
    )
    return net


# %% right="digit_resnet: ResNet put together from its blocks, He start for the first layer"
from torchvision.models.resnet import BasicBlock, ResNet


def digit_resnet(classes: int) -> nn.Module:
    net = ResNet(BasicBlock, [2, 2, 2, 2], num_classes=classes)
    first = nn.Conv2d(1, 64, kernel_size=(7, 7), stride=(2, 2), padding=(3, 3), bias=False)
    nn.init.kaiming_normal_(first.weight, mode="fan_out", nonlinearity="relu")
    setattr(net, "conv1", first)
    return net


# %% right="digit_resnet: default number of classes, then both ends replaced"
def digit_resnet(classes: int) -> nn.Module:
    net = resnet18()
    ends = {
        "conv1": nn.Conv2d(1, 64, kernel_size=7, stride=2, padding=3, bias=False),
        "fc": nn.Linear(net.fc.in_features, classes),
    }
    for name, layer in ends.items():
        net.add_module(name, layer)
    return net


# %% wrong="digit_resnet: the first layer has a bias; breaks: takes a single channel and is otherwise the same; seen with net.conv1.bias"
def digit_resnet(classes: int) -> nn.Module:
    net = resnet18(weights=None, num_classes=classes)
    net.conv1 = nn.Conv2d(1, 64, kernel_size=7, stride=2, padding=3, bias=True)
    return net


# %% wrong="digit_resnet: stride 1 in the first layer; breaks: is otherwise the same; seen with net.conv1.stride"
def digit_resnet(classes: int) -> nn.Module:
    net = resnet18(weights=None, num_classes=classes)
    net.conv1 = nn.Conv2d(1, 64, kernel_size=7, stride=1, padding=3, bias=False)
    return net


# %% wrong="digit_resnet: always one output; breaks: Make an untrained ResNet-18 with classes outputs; seen with classes=10"
def digit_resnet(classes: int) -> nn.Module:
    net = resnet18(weights=None, num_classes=1)
    net.conv1 = nn.Conv2d(1, 64, kernel_size=7, stride=2, padding=3, bias=False)
    return net


# %% wrong="digit_resnet: padding left at 0; breaks: is otherwise the same; seen with net.conv1.padding"
def digit_resnet(classes: int) -> nn.Module:
    net = resnet18(weights=None, num_classes=classes)
    net.conv1 = nn.Conv2d(1, 64, kernel_size=7, stride=2, padding=0, bias=False)
    return net


# %% wrong="digit_resnet: a larger sister, ResNet-34; breaks: Make an untrained ResNet-18; seen with the number of parameters"
from torchvision.models import resnet34


def digit_resnet(classes: int) -> nn.Module:
    net = resnet34(weights=None, num_classes=classes)
    net.conv1 = nn.Conv2d(1, 64, kernel_size=7, stride=2, padding=3, bias=False)
    return net


# %% wrong="digit_resnet: seeds torch for repeatable results; breaks: every call draws afresh and seeds no random generator; seen with two calls that agree"
def digit_resnet(classes: int) -> nn.Module:
    torch.manual_seed(0)
    net = resnet18(weights=None, num_classes=classes)
    net.conv1 = nn.Conv2d(1, 64, kernel_size=7, stride=2, padding=3, bias=False)
    return net


# %% right="nearest_digit: the blanks filled"
def nearest_digit(x, y, unknown, p: float = 2) -> torch.Tensor:
    """For each unknown picture (28, 28), the digit 0 to 9 whose mean picture is nearest."""
    means = torch.stack([x[y == digit].mean(0) for digit in range(10)])
    gaps = torch.cdist(unknown.flatten(1), means.flatten(1), p)
    return gaps.argmin(1)


# %% right="nearest_digit: one vector norm for each digit instead of cdist"
def nearest_digit(x, y, unknown, p: float = 2) -> torch.Tensor:
    def gaps_to(digit):
        members = x[torch.nonzero(y == digit).flatten()]
        return torch.linalg.vector_norm(unknown - members.sum(dim=0) / len(members), ord=p, dim=(-2, -1))

    return torch.stack([gaps_to(digit) for digit in range(10)], dim=1).min(dim=1).indices


# %% right="nearest_digit: means by a product with one-hot labels, topk of the smallest"
def nearest_digit(x, y, unknown, p: float = 2) -> torch.Tensor:
    members = F.one_hot(y.long(), 10).to(x.dtype).T  # (10, n)
    means = members @ x.flatten(1) / members.sum(dim=1, keepdim=True)
    gaps = torch.cdist(unknown.flatten(start_dim=1), means, p=float(p))
    return gaps.topk(1, dim=1, largest=False).indices[:, 0]


# %% wrong="nearest_digit: ignores p; breaks: With p=1 it adds up magnitudes, with p=2 it takes the root of the sum of squares; seen with p=1 where L1 and L2 disagree"
def nearest_digit(x, y, unknown, p: float = 2) -> torch.Tensor:
    means = torch.stack([x[y == digit].mean(0) for digit in range(10)])
    gaps = torch.cdist(unknown.flatten(1), means.flatten(1), 2)
    return gaps.argmin(1)


# %% wrong="nearest_digit: classes in the order in which they appear; breaks: the digit 0 to 9 whose mean picture is nearest; seen with y that does not begin 0, 1, 2 ..."
def nearest_digit(x, y, unknown, p: float = 2) -> torch.Tensor:
    means = torch.stack([x[y == digit].mean(0) for digit in dict.fromkeys(y.tolist())])
    gaps = torch.cdist(unknown.flatten(1), means.flatten(1), p)
    return gaps.argmin(1)


# %% wrong="nearest_digit: smallest along the wrong axis, fine in a symmetric square; breaks: For each unknown picture the digit; seen with 4 unknown pictures, where ten answers come"
def nearest_digit(x, y, unknown, p: float = 2) -> torch.Tensor:
    means = torch.stack([x[y == digit].mean(0) for digit in range(10)])
    gaps = torch.cdist(unknown.flatten(1), means.flatten(1), p)
    return gaps.argmin(0)


# %% wrong="nearest_digit: default p is 1; breaks: p: float = 2 in the signature; seen with a call without p where L1 and L2 disagree"
def nearest_digit(x, y, unknown, p: float = 1) -> torch.Tensor:
    means = torch.stack([x[y == digit].mean(0) for digit in range(10)])
    gaps = torch.cdist(unknown.flatten(1), means.flatten(1), p)
    return gaps.argmin(1)


# %% wrong="nearest_digit: median instead of mean pictures; breaks: whose mean picture is nearest; seen with three or more pictures of a digit"
def nearest_digit(x, y, unknown, p: float = 2) -> torch.Tensor:
    means = torch.stack([x[y == digit].median(0).values for digit in range(10)])
    gaps = torch.cdist(unknown.flatten(1), means.flatten(1), p)
    return gaps.argmin(1)


# %% right="softmax_loss: index with two tensors, largest taken away"
def softmax_loss(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The mean over the batch of -log(softmax(scores)[label])."""
    shifted = scores - scores.amax(dim=1, keepdim=True)
    chosen = shifted[torch.arange(len(scores)), labels.long()]
    return (shifted.exp().sum(dim=1).log() - chosen).mean()


# %% right="softmax_loss: row by row in a Python loop"
def softmax_loss(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    total = 0
    for row, label in zip(scores, labels.tolist(), strict=True):
        top = row.detach().max()
        total = total + torch.log(torch.exp(row - top).sum()) - (row[label] - top)
    return total / len(scores)


# %% right="softmax_loss: columns first, a boolean mask picks the right scores"
def softmax_loss(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    columns = scores.T
    columns = columns - columns.detach().max(0).values
    mask = torch.arange(len(columns), device=labels.device)[:, None] == labels[None, :]
    right_ones = torch.where(mask, columns, torch.zeros_like(columns)).sum(0)
    costs = columns.exp().sum(0).log() - right_ones
    return costs.sum() / costs.numel()


# %% wrong="softmax_loss: nothing is taken away; breaks: One point is for large scores, so take away the largest first; seen with a score of 1000, which gives inf or nan"
def softmax_loss(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    chosen = scores[torch.arange(len(scores)), labels]
    return (scores.exp().sum(dim=1).log() - chosen).mean()


# %% wrong="softmax_loss: the largest of the whole batch is taken away; breaks: the same number is taken from all scores of a row, so take away the largest first; seen with rows [0, 0] and [1000, 1000], which gives -inf"
def softmax_loss(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    shifted = scores - scores.max()
    chosen = shifted[torch.arange(len(scores)), labels]
    return (shifted.exp().sum(dim=1).log() - chosen).mean()


# %% wrong="softmax_loss: logarithm of the finished quotient; breaks: One point is for large scores (sure and wrong costs a lot, without limit); seen with scores [1000, 0] and label 1, inf instead of 1000"
def softmax_loss(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    exps = (scores - scores.max(dim=1, keepdim=True).values).exp()
    probs = exps / exps.sum(dim=1, keepdim=True)
    return -probs[torch.arange(len(scores)), labels].log().mean()


# %% wrong="softmax_loss: a small number is added to the probability; breaks: sure and wrong costs a lot, without limit; seen with scores [100, 0] and label 1, 20.7 instead of 100"
def softmax_loss(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    exps = (scores - scores.max(dim=1, keepdim=True).values).exp()
    probs = exps / exps.sum(dim=1, keepdim=True)
    return -(probs[torch.arange(len(scores)), labels] + 1e-9).log().mean()


# %% wrong="softmax_loss: picks every label's column for every row; breaks: The mean over the batch of -log(softmax(scores)[label]); seen with two rows of different scores and labels"
def softmax_loss(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    shifted = scores - scores.max(dim=1, keepdim=True).values
    log_probs = shifted - shifted.exp().sum(dim=1, keepdim=True).log()
    return -log_probs[:, labels].mean()


# %% wrong="softmax_loss: takes the largest away in place; breaks: it leaves its inputs unchanged; seen with scores after any call"
def softmax_loss(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    with torch.no_grad():
        scores -= scores.max(dim=1, keepdim=True).values
    chosen = scores[torch.arange(len(scores)), labels]
    return (scores.exp().sum(dim=1).log() - chosen).mean()


# %% right="train_net: the net's scores lose their second axis"
def train_net(net, x, y, lr: float, steps: int) -> list[float]:
    """Trains net, which makes (n, 1) scores, in place on all of x and y (n,); returns the losses."""
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


# %% right="train_net: a column of labels, made once, and the mnist_loss of an earlier exercise"
def train_net(net, x, y, lr: float, steps: int) -> list[float]:
    targets = (y == 1).to(x.dtype).reshape(-1, 1)
    opt = torch.optim.SGD(net.parameters(), lr)

    def step():
        opt.zero_grad()
        loss = mnist_loss(net(x), targets)
        loss.backward()
        opt.step()
        return float(loss.detach())

    return [step() for _ in range(steps)]


# %% right="train_net: the step by hand, and signs of the labels instead of torch.where"
def train_net(net, x, y, lr: float, steps: int) -> list[float]:
    signs = 1.0 - 2.0 * (y == 1).unsqueeze(-1)  # -1 for a three, +1 for a seven
    params = [p for p in net.parameters() if p.requires_grad]
    losses = []
    while len(losses) < steps:
        loss = torch.mean(torch.sigmoid(signs * net(x)))
        slopes = torch.autograd.grad(loss, params, allow_unused=True)
        with torch.no_grad():
            for p, slope in zip(params, slopes, strict=True):
                if slope is not None:
                    p.sub_(lr * slope)
        losses.append(loss.detach().item())
    return losses


# %% wrong="train_net: averages the two classes apart; breaks: The loss is the mean of n numbers, of the batch (There is one mistake, repair it); seen with three threes and one seven"
def train_net(net, x, y, lr: float, steps: int) -> list[float]:
    opt = torch.optim.SGD(net.parameters(), lr)
    losses = []
    for _ in range(steps):
        sure = net(x)[:, 0].sigmoid()
        loss = ((1 - sure[y == 1]).mean() + sure[y != 1].mean()) / 2
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="train_net: asks the net's own guess and not the label; breaks: Trains net on all of x and y; seen with a picture that the net gets wrong"
def train_net(net, x, y, lr: float, steps: int) -> list[float]:
    opt = torch.optim.SGD(net.parameters(), lr)
    losses = []
    for _ in range(steps):
        sure = net(x).sigmoid()
        loss = torch.where(sure > 0.5, 1 - sure, sure).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="train_net: trains a copy of the net; breaks: Trains net, in place; seen with the weights of net afterwards"
import copy


def train_net(net, x, y, lr: float, steps: int) -> list[float]:
    net = copy.deepcopy(net)
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


# %% wrong="train_net: clears the gradient between backward and step; breaks: Trains net in place; seen with the second loss, which equals the first"
def train_net(net, x, y, lr: float, steps: int) -> list[float]:
    opt = torch.optim.SGD(net.parameters(), lr)
    losses = []
    for _ in range(steps):
        sure = net(x).sigmoid()
        loss = torch.where(y[:, None] == 1, 1 - sure, sure).mean()
        loss.backward()
        opt.zero_grad()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="train_net: turns the caller's labels into a column in place; breaks: it leaves its inputs unchanged, what callers hand in stays as the docstring says; seen with y.shape after the call"
def train_net(net, x, y, lr: float, steps: int) -> list[float]:
    y.unsqueeze_(1)
    opt = torch.optim.SGD(net.parameters(), lr)
    losses = []
    for _ in range(steps):
        sure = net(x).sigmoid()
        loss = torch.where(y == 1, 1 - sure, sure).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="train_net: repaired, but only the first 64 pictures are used; breaks: in place on all of x and y; seen with more than 64 rows"
def train_net(net, x, y, lr: float, steps: int) -> list[float]:
    opt = torch.optim.SGD(net.parameters(), lr)
    xb, yb = x[:64], y[:64].unsqueeze(1)
    losses = []
    for _ in range(steps):
        sure = net(xb).sigmoid()
        loss = torch.where(yb == 1, 1 - sure, sure).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses
