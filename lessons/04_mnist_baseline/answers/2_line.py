# Answers to the exercises of 2_line.py, right and wrong: what `course audit` grades. No student sees them.

# %% right="linear1: by torch.normal and matmul"
def init_params(shape, std=1.0):
    return torch.normal(0.0, std, size=shape, requires_grad=True)


def linear1(xb, weights, bias):
    return torch.matmul(xb, weights) + bias


# %% right="linear1: filled in place, added the other way round"
def init_params(shape, std=1.0):
    params = torch.empty(shape).normal_(0, std)
    params.requires_grad = True
    return params


def linear1(xb, weights, bias):
    return bias + xb.mm(weights)


# %% wrong="linear1: asks for gradients before scaling"
def init_params(shape, std=1.0):
    return torch.randn(shape, requires_grad=True) * std


def linear1(xb, weights, bias):
    return xb @ weights + bias


# %% wrong="linear1: reads requires_grad instead of calling requires_grad_"
def init_params(shape, std=1.0):
    return (torch.randn(shape) * std).requires_grad


def linear1(xb, weights, bias):
    return xb @ weights + bias


# %% wrong="linear1: uniform numbers"
def init_params(shape, std=1.0):
    return (torch.rand(shape) * std).requires_grad_()


def linear1(xb, weights, bias):
    return xb @ weights + bias


# %% wrong="linear1: elementwise product"
def init_params(shape, std=1.0):
    return (torch.randn(shape) * std).requires_grad_()


def linear1(xb, weights, bias):
    return xb * weights + bias


# %% wrong="linear1: std added instead of multiplied"
def init_params(shape, std=1.0):
    return (torch.randn(shape) + std).requires_grad_()


def linear1(xb, weights, bias):
    return xb @ weights + bias


# %% right="mnist_loss: an absolute difference"
def mnist_loss(scores, labels):
    return (labels - torch.sigmoid(scores)).abs().mean()


# %% right="mnist_loss: torch's own L1"
def mnist_loss(scores, labels):
    return F.l1_loss(torch.sigmoid(scores), labels)


# %% wrong="mnist_loss: forgets the sigmoid"
def mnist_loss(scores, labels):
    return torch.where(labels == 1, 1 - scores, scores).mean()


# %% wrong="mnist_loss: rewards the wrong answer"
def mnist_loss(scores, labels):
    sure = scores.sigmoid()
    return torch.where(labels == 1, sure, 1 - sure).mean()


# %% wrong="mnist_loss: a staircase"
def mnist_loss(scores, labels):
    sure = (scores.sigmoid() > 0.5).float()
    return torch.where(labels == 1, 1 - sure, sure).mean()


# %% wrong="mnist_loss: adds up"
def mnist_loss(scores, labels):
    sure = scores.sigmoid()
    return torch.where(labels == 1, 1 - sure, sure).sum()


# %% wrong="mnist_loss: binary cross-entropy, another loss"
def mnist_loss(scores, labels):
    return F.binary_cross_entropy_with_logits(scores, labels)


# %% right="batches: by slices of a shuffled copy"
def batches(x, y, size, shuffle=True):
    if shuffle:
        order = torch.randperm(len(x))
        x, y = x[order], y[order]
    for start in range(0, len(x), size):
        yield x[start : start + size], y[start : start + size]


# %% right="batches: torch's own loader"
def batches(x, y, size, shuffle=True):
    return DataLoader(TensorDataset(x, y), batch_size=size, shuffle=shuffle)


# %% right="batches: pieces of both, zipped"
def batches(x, y, size, shuffle=True):
    if shuffle:
        order = torch.randperm(len(x))
        x, y = x[order], y[order]
    return zip(x.split(size), y.split(size), strict=True)


# %% wrong="batches: shuffles x and y apart"
def batches(x, y, size, shuffle=True):
    if shuffle:
        x, y = x[torch.randperm(len(x))], y[torch.randperm(len(y))]
    for start in range(0, len(x), size):
        yield x[start : start + size], y[start : start + size]


# %% wrong="batches: drops the rows that are left over"
def batches(x, y, size, shuffle=True):
    order = torch.randperm(len(x)) if shuffle else torch.arange(len(x))
    for k in range(len(x) // size):
        places = order[k * size : (k + 1) * size]
        yield x[places], y[places]


# %% wrong="batches: draws with replacement"
def batches(x, y, size, shuffle=True):
    order = torch.randint(len(x), (len(x),)) if shuffle else torch.arange(len(x))
    for places in order.split(size):
        yield x[places], y[places]


# %% wrong="batches: never shuffles"
def batches(x, y, size, shuffle=True):
    for places in torch.arange(len(x)).split(size):
        yield x[places], y[places]


# %% wrong="batches: the same shuffle every time"
def batches(x, y, size, shuffle=True):
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(0)) if shuffle else torch.arange(len(x))
    for places in order.split(size):
        yield x[places], y[places]


# %% right="make_loader: a list of pairs is a data set too"
def make_loader(x, y, size):
    dataset = list(zip(x, y, strict=True))
    loader = DataLoader(dataset, size, True)
    first_x, first_y = next(iter(loader))
    return loader, first_x, first_y


# %% right="make_loader: by a random sampler and a loop"
def make_loader(x, y, size):
    from torch.utils.data import RandomSampler

    dataset = TensorDataset(x, y)
    loader = DataLoader(dataset, batch_size=size, sampler=RandomSampler(dataset))
    batches = iter(loader)
    first = next(batches)
    return loader, first[0], first[1]


# %% right="make_loader: a sampler of whole batches"
def make_loader(x, y, size):
    from torch.utils.data import BatchSampler, RandomSampler

    dataset = TensorDataset(x, y)
    loader = DataLoader(dataset, batch_sampler=BatchSampler(RandomSampler(dataset), size, drop_last=False))
    first_x, first_y = next(iter(loader))
    return loader, first_x, first_y


# %% wrong="make_loader: forgets to shuffle"
def make_loader(x, y, size):
    dataset = TensorDataset(x, y)
    loader = DataLoader(dataset, batch_size=size, shuffle=False)
    first_x, first_y = next(iter(loader))
    return loader, first_x, first_y


# %% wrong="make_loader: the first item instead of the first batch"
def make_loader(x, y, size):
    dataset = TensorDataset(x, y)
    loader = DataLoader(dataset, batch_size=size, shuffle=True)
    first_x, first_y = dataset[0]
    return loader, first_x, first_y


# %% wrong="make_loader: drops the last batch"
def make_loader(x, y, size):
    dataset = TensorDataset(x, y)
    loader = DataLoader(dataset, batch_size=size, shuffle=True, drop_last=True)
    first_x, first_y = next(iter(loader))
    return loader, first_x, first_y


# %% wrong="make_loader: batch size left at one"
def make_loader(x, y, size):
    dataset = TensorDataset(x, y)
    loader = DataLoader(dataset, shuffle=True)
    first_x, first_y = next(iter(loader))
    return loader, first_x, first_y


# %% right="train_epoch: through .data"
def calc_grad(xb, yb, model, loss_func):
    loss = loss_func(model(xb), yb)
    loss.backward()
    return loss.item()


def train_epoch(model, loss_func, loader, params, lr):
    losses = []
    for xb, yb in loader:
        losses.append(calc_grad(xb, yb, model, loss_func))
        for p in params:
            p.data -= p.grad * lr
            p.grad = None
    return losses


# %% right="train_epoch: inference mode off, gradients cleared in a loop of their own"
def calc_grad(xb, yb, model, loss_func):
    scores = model(xb)
    loss = loss_func(scores, yb)
    loss.backward()
    return float(loss.detach())


def train_epoch(model, loss_func, loader, params, lr):
    losses = []
    for batch in loader:
        losses.append(calc_grad(*batch, model, loss_func))
        with torch.set_grad_enabled(False):
            for p in params:
                p.add_(p.grad, alpha=-lr)
        for p in params:
            p.grad.detach_().zero_()
    return losses


# %% wrong="train_epoch: never clears the gradients"
def calc_grad(xb, yb, model, loss_func):
    scores = model(xb)
    loss = loss_func(scores, yb)
    loss.backward()
    return loss.item()


def train_epoch(model, loss_func, loader, params, lr):
    losses = []
    for xb, yb in loader:
        losses.append(calc_grad(xb, yb, model, loss_func))
        with torch.no_grad():
            for p in params:
                p -= lr * p.grad
    return losses


# %% wrong="train_epoch: clears the parameter instead of its gradient"
def calc_grad(xb, yb, model, loss_func):
    scores = model(xb)
    loss = loss_func(scores, yb)
    loss.backward()
    return loss.item()


def train_epoch(model, loss_func, loader, params, lr):
    losses = []
    for xb, yb in loader:
        losses.append(calc_grad(xb, yb, model, loss_func))
        with torch.no_grad():
            for p in params:
                p -= lr * p.grad
                p.zero_()
    return losses


# %% wrong="train_epoch: forgets the learning rate"
def calc_grad(xb, yb, model, loss_func):
    scores = model(xb)
    loss = loss_func(scores, yb)
    loss.backward()
    return loss.item()


def train_epoch(model, loss_func, loader, params, lr):
    losses = []
    for xb, yb in loader:
        losses.append(calc_grad(xb, yb, model, loss_func))
        with torch.no_grad():
            for p in params:
                p -= p.grad
                p.grad.zero_()
    return losses


# %% wrong="train_epoch: records the step for autograd"
def calc_grad(xb, yb, model, loss_func):
    scores = model(xb)
    loss = loss_func(scores, yb)
    loss.backward()
    return loss.item()


def train_epoch(model, loss_func, loader, params, lr):
    losses = []
    for xb, yb in loader:
        losses.append(calc_grad(xb, yb, model, loss_func))
        with torch.enable_grad():
            for p in params:
                p -= lr * p.grad
                p.grad.zero_()
    return losses


# %% equivalent="validate_epoch: whole or not, zero is zero"
# - total, rows = (0.0, 0)
# + total, rows = (0, 0.0)

# %% equivalent="validate_epoch: a tensor of one number adds up as well"
# - total += float(metric(model(xb), yb)) * len(xb)
# + total += metric(model(xb), yb) * len(xb)

# %% equivalent="validate_epoch: a score of exactly zero says neither"
# - return ((scores > 0) == (labels == 1)).float().mean()
# + return ((scores >= 0) == (labels == 1)).float().mean()


# %% right="validate_epoch: through the sigmoid, with a decorator"
def batch_accuracy(scores, labels):
    return ((scores.sigmoid() > 0.5).float() == labels).float().mean()


@torch.no_grad()
def validate_epoch(model, loader, metric):
    parts = [(metric(model(xb), yb), len(yb)) for xb, yb in loader]
    return float(sum(value * n for value, n in parts) / sum(n for _, n in parts))


# %% right="validate_epoch: weights as a tensor"
def batch_accuracy(scores, labels):
    return torch.where(labels == 1, scores > 0, scores <= 0).float().mean().item()


def validate_epoch(model, loader, metric):
    with torch.inference_mode():
        values, sizes = zip(*[(metric(model(xb), yb), len(xb)) for xb, yb in loader], strict=True)
    weights = torch.tensor(sizes) / sum(sizes)
    return (torch.tensor([float(value) for value in values]) * weights).sum().item()


# %% right="validate_epoch: all the rows at once"
def batch_accuracy(scores, labels):
    return (scores.sigmoid().round() == labels).double().mean()


def validate_epoch(model, loader, metric):
    with torch.no_grad():
        scores, labels = zip(*[(model(xb), yb) for xb, yb in loader], strict=True)
        return metric(torch.cat(scores), torch.cat(labels)).item()


# %% wrong="validate_epoch: plain mean of the batches"
def batch_accuracy(scores, labels):
    return ((scores > 0) == (labels == 1)).float().mean()


def validate_epoch(model, loader, metric):
    with torch.no_grad():
        values = [float(metric(model(xb), yb)) for xb, yb in loader]
    return sum(values) / len(values)


# %% wrong="validate_epoch: a threshold of one half for scores"
def batch_accuracy(scores, labels):
    return ((scores > 0.5) == (labels == 1)).float().mean()


def validate_epoch(model, loader, metric):
    with torch.no_grad():
        parts = [(float(metric(model(xb), yb)), len(xb)) for xb, yb in loader]
    return sum(value * n for value, n in parts) / sum(n for _, n in parts)


# %% wrong="validate_epoch: records gradients"
def batch_accuracy(scores, labels):
    return ((scores > 0) == (labels == 1)).float().mean()


def validate_epoch(model, loader, metric):
    parts = [(float(metric(model(xb), yb)), len(xb)) for xb, yb in loader]
    return sum(value * n for value, n in parts) / sum(n for _, n in parts)


# %% wrong="validate_epoch: only the last batch"
def batch_accuracy(scores, labels):
    return ((scores > 0) == (labels == 1)).float().mean()


def validate_epoch(model, loader, metric):
    with torch.no_grad():
        for xb, yb in loader:
            value = float(metric(model(xb), yb))
    return value


# %% wrong="linear1: a small spread by default"
def init_params(shape, std=0.01):
    return (torch.randn(shape) * std).requires_grad_()


def linear1(xb, weights, bias):
    return xb @ weights + bias


# %% wrong="linear1: seeds inside"
def init_params(shape, std=1.0):
    torch.manual_seed(42)
    return (torch.randn(shape) * std).requires_grad_()


def linear1(xb, weights, bias):
    return xb @ weights + bias


# %% wrong="linear1: the size of the bias without its sign"
def init_params(shape, std=1.0):
    return (torch.randn(shape) * std).requires_grad_()


def linear1(xb, weights, bias):
    return xb @ weights + bias.abs()


# %% wrong="linear1: weights cut off from the graph"
def init_params(shape, std=1.0):
    return (torch.randn(shape) * std).requires_grad_()


def linear1(xb, weights, bias):
    return xb @ weights.detach() + bias


# %% wrong="linear1: bias cut off from the graph"
def init_params(shape, std=1.0):
    return (torch.randn(shape) * std).requires_grad_()


def linear1(xb, weights, bias):
    return xb @ weights + bias.data


# %% wrong="linear1: std as a variance"
def init_params(shape, std=1.0):
    return (torch.randn(shape) * std**0.5).requires_grad_()


def linear1(xb, weights, bias):
    return xb @ weights + bias


# %% wrong="mnist_loss: detached"
def mnist_loss(scores, labels):
    sure = scores.detach().sigmoid()
    return torch.where(labels == 1, 1 - sure, sure).mean()


# %% wrong="mnist_loss: squeezes the caller's scores in place"
def mnist_loss(scores, labels):
    sure = scores.data.sigmoid_() if not scores.requires_grad else scores.sigmoid()
    return torch.where(labels == 1, 1 - sure, sure).mean()


# %% wrong="mnist_loss: squared distances"
def mnist_loss(scores, labels):
    return ((scores.sigmoid() - labels) ** 2).mean()


# %% right="mnist_loss: by a product"
def mnist_loss(scores, labels):
    p = 1 / (1 + (-scores).exp())
    return (labels * (1 - p) + (1 - labels) * p).sum() / scores.numel()


# %% wrong="batches: shuffles inside each batch only"
def batches(x, y, size, shuffle=True):
    for places in torch.arange(len(x)).split(size):
        if shuffle:
            places = places[torch.randperm(len(places))]
        yield x[places], y[places]


# %% wrong="batches: shuffles whole batches only"
def batches(x, y, size, shuffle=True):
    pieces = list(torch.arange(len(x)).split(size))
    whole, rest = [piece for piece in pieces if len(piece) == size], [piece for piece in pieces if len(piece) < size]
    if shuffle:
        whole = [whole[k] for k in torch.randperm(len(whole))]
    for places in whole + rest:
        yield x[places], y[places]


# %% wrong="batches: begins somewhere else, in the old order"
def batches(x, y, size, shuffle=True):
    order = torch.arange(len(x))
    if shuffle:
        order = order.roll(int(torch.randint(1, len(x), ())))
    for places in order.split(size):
        yield x[places], y[places]


# %% wrong="batches: seeds the generator"
def batches(x, y, size, shuffle=True):
    torch.manual_seed(0)
    order = torch.randperm(len(x)) if shuffle else torch.arange(len(x))
    for places in order.split(size):
        yield x[places], y[places]


# %% right="batches: numpy's generator, a list"
def batches(x, y, size, shuffle=True):
    import numpy as np

    order = np.random.permutation(len(x)) if shuffle else np.arange(len(x))
    return [(x[order[k : k + size]], y[order[k : k + size]]) for k in range(0, len(x), size)]


# %% wrong="make_loader: shuffled once for ever"
def make_loader(x, y, size):
    order = torch.randperm(len(x))
    dataset = TensorDataset(x[order], y[order])
    loader = DataLoader(dataset, batch_size=size)
    first_x, first_y = next(iter(loader))
    return loader, first_x, first_y


# %% wrong="train_epoch: losses that hold their graphs"
def calc_grad(xb, yb, model, loss_func):
    loss = loss_func(model(xb), yb)
    loss.backward()
    return loss


def train_epoch(model, loss_func, loader, params, lr):
    losses = []
    for xb, yb in loader:
        losses.append(calc_grad(xb, yb, model, loss_func))
        with torch.no_grad():
            for p in params:
                p -= lr * p.grad
                p.grad.zero_()
    return losses


# %% wrong="train_epoch: moves the first parameter only"
def calc_grad(xb, yb, model, loss_func):
    loss = loss_func(model(xb), yb)
    loss.backward()
    return loss.item()


def train_epoch(model, loss_func, loader, params, lr):
    losses = []
    for xb, yb in loader:
        losses.append(calc_grad(xb, yb, model, loss_func))
        with torch.no_grad():
            for p in params:
                if p is params[0]:
                    p -= lr * p.grad
                p.grad.zero_()
    return losses


# %% wrong="train_epoch: a rate of its own"
def calc_grad(xb, yb, model, loss_func):
    loss = loss_func(model(xb), yb)
    loss.backward()
    return loss.item()


def train_epoch(model, loss_func, loader, params, lr):
    losses = []
    for xb, yb in loader:
        losses.append(calc_grad(xb, yb, model, loss_func))
        with torch.no_grad():
            for p in params:
                p -= 0.1 * p.grad
                p.grad.zero_()
    return losses


# %% wrong="train_epoch: leaves gradients off"
def calc_grad(xb, yb, model, loss_func):
    torch.set_grad_enabled(True)
    loss = loss_func(model(xb), yb)
    loss.backward()
    return loss.item()


def train_epoch(model, loss_func, loader, params, lr):
    losses = []
    for xb, yb in loader:
        losses.append(calc_grad(xb, yb, model, loss_func))
        torch.set_grad_enabled(False)
        for p in params:
            p -= lr * p.grad
            p.grad.zero_()
    return losses


# %% right="train_epoch: clears before each batch"
def calc_grad(xb, yb, model, loss_func):
    loss = loss_func(model(xb), yb)
    loss.backward()
    return loss.item()


def train_epoch(model, loss_func, loader, params, lr):
    losses = []
    for xb, yb in loader:
        for p in params:
            p.grad = None
        losses.append(calc_grad(xb, yb, model, loss_func))
        with torch.no_grad():
            for p in params:
                p.sub_(lr * p.grad)
    return losses


# %% wrong="validate_epoch: divides by the length of the data set, of which a loader may drop some"
def batch_accuracy(scores, labels):
    return ((scores > 0) == (labels > 0.5)).float().mean()


def validate_epoch(model, loader, metric):
    total = 0.0
    with torch.no_grad():
        for xb, yb in loader:
            total += metric(model(xb), yb).item() * len(xb)
    return total / len(loader.dataset)


# %% right="validate_epoch: evaluation mode first"
def batch_accuracy(scores, labels):
    return ((scores > 0) == (labels == 1)).float().mean()


def validate_epoch(model, loader, metric):
    model.eval()
    total, rows = 0.0, 0
    with torch.no_grad():
        for xb, yb in loader:
            total += metric(model(xb), yb) * xb.shape[0]
            rows += xb.shape[0]
    return (total / rows).item()


# %% wrong="validate_epoch: gradients stay off"
def batch_accuracy(scores, labels):
    return ((scores > 0) == (labels == 1)).float().mean()


def validate_epoch(model, loader, metric):
    torch.set_grad_enabled(False)
    parts = [(float(metric(model(xb), yb)), len(xb)) for xb, yb in loader]
    return sum(value * n for value, n in parts) / sum(n for _, n in parts)


# %% wrong="validate_epoch: returns a tensor"
def batch_accuracy(scores, labels):
    return ((scores > 0) == (labels == 1)).float().mean()


def validate_epoch(model, loader, metric):
    with torch.no_grad():
        parts = [(metric(model(xb), yb), len(xb)) for xb, yb in loader]
    return sum(value * n for value, n in parts) / sum(n for _, n in parts)


# %% wrong="validate_epoch: looks at high scores only"
def batch_accuracy(scores, labels):
    return (scores > 0)[labels == 1].float().mean()


def validate_epoch(model, loader, metric):
    with torch.no_grad():
        parts = [(float(metric(model(xb), yb)), len(xb)) for xb, yb in loader]
    return sum(value * n for value, n in parts) / sum(n for _, n in parts)


# %% wrong="linear1: numbers from the Laplace distribution"
def init_params(shape, std=1.0):
    return (torch.distributions.Laplace(0.0, 0.5**0.5).sample(shape) * std).requires_grad_()


def linear1(xb, weights, bias):
    return xb @ weights + bias


# %% wrong="linear1: cut off at two and a half standard deviations"
def init_params(shape, std=1.0):
    return (torch.nn.init.trunc_normal_(torch.empty(shape), a=-2.5, b=2.5) * std).requires_grad_()


def linear1(xb, weights, bias):
    return xb @ weights + bias


# %% wrong="linear1: each row draws one number"
def init_params(shape, std=1.0):
    return (torch.randn(shape[0], *[1] * (len(shape) - 1)).expand(shape) * std).requires_grad_()


def linear1(xb, weights, bias):
    return xb @ weights + bias


# %% wrong="linear1: scaled by what was drawn"
def init_params(shape, std=1.0):
    drawn = torch.randn(shape)
    return (drawn / drawn.std() * std).requires_grad_()


def linear1(xb, weights, bias):
    return xb @ weights + bias


# %% wrong="mnist_loss: a sigmoid that breaks down for large scores"
def mnist_loss(scores, labels):
    sure = scores.exp() / (1 + scores.exp())
    return torch.where(labels == 1, 1 - sure, sure).mean()


# %% wrong="mnist_loss: the first two hundred and fifty-six rows"
def mnist_loss(scores, labels):
    sure = scores[:256].sigmoid()
    return torch.where(labels[:256] == 1, 1 - sure, sure).mean()


# %% wrong="batches: an order only for small sets"
def batches(x, y, size, shuffle=True):
    order = torch.randperm(len(x)) if shuffle or len(x) > 32 else torch.arange(len(x))
    for places in order.split(size):
        yield x[places], y[places]


# %% wrong="batches: pictures come as rows"
def batches(x, y, size, shuffle=True):
    order = torch.randperm(len(x)) if shuffle else torch.arange(len(x))
    for places in order.split(size):
        yield x[places].flatten(1), y[places]


# %% wrong="train_epoch: steps for all parameters of the model"
def calc_grad(xb, yb, model, loss_func):
    loss = loss_func(model(xb), yb)
    loss.backward()
    return loss.item()


def train_epoch(model, loss_func, loader, params, lr):
    losses = []
    params = list(model.parameters()) if hasattr(model, "parameters") else params[:2]
    for xb, yb in loader:
        losses.append(calc_grad(xb, yb, model, loss_func))
        with torch.no_grad():
            for p in params:
                p -= lr * p.grad
                p.grad.zero_()
    return losses


# %% wrong="train_epoch: walks through the data set and not through the loader"
def calc_grad(xb, yb, model, loss_func):
    loss = loss_func(model(xb), yb)
    loss.backward()
    return loss.item()


def train_epoch(model, loss_func, loader, params, lr):
    losses = []
    x, y = loader.dataset.tensors
    for xb, yb in zip(x.split(loader.batch_size), y.split(loader.batch_size)):
        losses.append(calc_grad(xb, yb, model, loss_func))
        with torch.no_grad():
            for p in params:
                p -= lr * p.grad
                p.grad.zero_()
    return losses


# %% wrong="validate_epoch: scores and labels change places"
def batch_accuracy(scores, labels):
    return ((scores > 0) == (labels == 1)).float().mean()


def validate_epoch(model, loader, metric):
    total, rows = 0.0, 0
    with torch.no_grad():
        for xb, yb in loader:
            total += float(metric(yb, model(xb))) * len(xb)
            rows += len(xb)
    return total / rows


# %% wrong="validate_epoch: a border a little above zero"
def batch_accuracy(scores, labels):
    return ((scores > 0.01) == (labels == 1)).float().mean()


def validate_epoch(model, loader, metric):
    total, rows = 0.0, 0
    with torch.no_grad():
        for xb, yb in loader:
            total += float(metric(model(xb), yb)) * len(xb)
            rows += len(xb)
    return total / rows
