# Answers to the exercises of 2_line.py, right and wrong: what `course audit` grades. No student sees them.

# %% equivalent="descend: a square has no sign"
# - loss = (quadratic(t, params) - y).pow(2).mean()
# + loss = (y - quadratic(t, params)).pow(2).mean()


# %% right="descend: through .data, zeroed in place"
def descend(t, y, params, lr):
    loss = F.mse_loss(quadratic(t, params), y)
    loss.backward()
    params.data -= params.grad.data * lr
    params.grad.zero_()
    return float(loss)


# %% right="descend: clears before, asks autograd directly"
def descend(t, y, params, lr):
    params.grad = None
    loss = ((quadratic(t, params) - y) ** 2).mean()
    (gradient,) = torch.autograd.grad(loss, params)
    with torch.no_grad():
        params.sub_(lr * gradient)
    return loss.item()


# %% right="descend: torch's own optimiser"
def descend(t, y, params, lr):
    opt = torch.optim.SGD([params], lr=lr)
    loss = F.mse_loss(quadratic(t, params), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    opt.zero_grad()
    return loss.item()


# %% right="descend: by the formula, without autograd"
def descend(t, y, params, lr):
    with torch.no_grad():
        error = quadratic(t, params) - y
        gradient = torch.stack([(2 * error * t**power).mean() for power in (2, 1, 0)])
        params[:] = params - lr * gradient
    return float((error**2).mean())


# %% wrong="descend: gradients pile up"
def descend(t, y, params, lr):
    loss = (quadratic(t, params) - y).pow(2).mean()
    loss.backward()
    with torch.no_grad():
        params -= lr * params.grad
    return loss.item()


# %% wrong="descend: makes a new tensor"
def descend(t, y, params, lr):
    loss = (quadratic(t, params) - y).pow(2).mean()
    loss.backward()
    params = params - lr * params.grad
    params.grad = None
    return loss.item()


# %% wrong="descend: uphill"
def descend(t, y, params, lr):
    loss = (quadratic(t, params) - y).pow(2).mean()
    loss.backward()
    with torch.no_grad():
        params += lr * params.grad
    params.grad = None
    return loss.item()


# %% wrong="descend: sum of squares"
def descend(t, y, params, lr):
    loss = (quadratic(t, params) - y).pow(2).sum()
    loss.backward()
    with torch.no_grad():
        params -= lr * params.grad
    params.grad = None
    return loss.item()


# %% wrong="descend: clears the gradient before the step"
def descend(t, y, params, lr):
    loss = (quadratic(t, params) - y).pow(2).mean()
    loss.backward()
    params.grad.zero_()
    with torch.no_grad():
        params -= lr * params.grad
    return loss.item()


# %% wrong="descend: returns a tensor"
def descend(t, y, params, lr):
    loss = (quadratic(t, params) - y).pow(2).mean()
    loss.backward()
    with torch.no_grad():
        params -= lr * params.grad
    params.grad = None
    return loss


# %% wrong="descend: returns a detached tensor"
def descend(t, y, params, lr):
    loss = (quadratic(t, params) - y).pow(2).mean()
    loss.backward()
    with torch.no_grad():
        params -= lr * params.grad
    params.grad = None
    return loss.detach()


# %% wrong="descend: gradients stay off"
def descend(t, y, params, lr):
    torch.set_grad_enabled(True)
    loss = (quadratic(t, params) - y).pow(2).mean()
    loss.backward()
    torch.set_grad_enabled(False)
    params -= lr * params.grad
    params.grad = None
    return loss.item()


# %% wrong="descend: clips the learning rate"
def descend(t, y, params, lr):
    loss = (quadratic(t, params) - y).pow(2).mean()
    loss.backward()
    with torch.no_grad():
        params -= min(lr, 0.1) * params.grad
    params.grad = None
    return loss.item()


# %% right="descend: a helper with a name that tests might use"
def loss(t, y, params):
    return ((quadratic(t, params) - y) ** 2).mean()


def descend(t, y, params, lr):
    value = loss(t, y, params)
    value.backward()
    with torch.no_grad():
        params.add_(params.grad, alpha=-lr)
        params.grad.zero_()
    return float(value)


# %% wrong="descend: looks at the first hundred times"
def descend(t, y, params, lr):
    loss = (quadratic(t[:100], params) - y[:100]).pow(2).mean()
    loss.backward()
    with torch.no_grad():
        params -= lr * params.grad
    params.grad = None
    return loss.item()


# %% wrong="descend: a rate of at most 1"
def descend(t, y, params, lr):
    loss = (quadratic(t, params) - y).pow(2).mean()
    loss.backward()
    with torch.no_grad():
        params -= min(lr, 1.0) * params.grad
    params.grad = None
    return loss.item()


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


# %% equivalent="linear1: a tensor made from a parameter is no parameter itself"
# keeper: returns float64


# %% right="batches: pairs as lists"
def batches(x, y, size, shuffle=True):
    order = torch.randperm(len(x)) if shuffle else torch.arange(len(x))
    return [[x[order[k : k + size]], y[order[k : k + size]]] for k in range(0, len(x), size)]


# %% wrong="batches: each batch a list of its rows"
def batches(x, y, size, shuffle=True):
    order = torch.randperm(len(x)) if shuffle else torch.arange(len(x))
    for places in order.split(size):
        yield list(x[places]), list(y[places])


# %% [markdown] explains="descend"
# The loss must be built from `params` itself, by operations that autograd records; then one `backward` fills
# `params.grad` with three slopes. The step is no part of the calculation, hence `no_grad`. It has to happen in place:
# `params = params - lr * params.grad` makes a new tensor with the old name, and the caller's parameters stay where they
# were. The program runs, and nothing is learnt.
#
# The gradient is cleared *after* it was used. Forget it, and the second trip goes along the sum of two slopes, the
# third along three: steps grow longer and longer, and the ball is thrown out of the valley. And `with` matters: it
# switches recording back on when the block ends, whereas a bare `torch.set_grad_enabled(False)` would make the next
# cell unable to learn. `item()` is the loss without its graph.

# %% [markdown] explains="linear1"
# `requires_grad_()` comes last, after the scaling. If you write `torch.randn(shape).requires_grad_() * std`, autograd
# watches the numbers *before* the multiplication, and what you return is a result of them: no leaf, so its `.grad`
# stays `None` and training cannot move it. Without its brackets `requires_grad` is no call but a yes or no. For a
# standard deviation multiply by `std`; adding it would move all numbers, and its square root would be right only if
# `std` were a variance.
#
# The product needs no loop over pictures: row i of `xb` meets the column of weights in one dot product, so (batch, 784)
# times (784, 1) is (batch, 1), and the bias of shape (1,) is broadcast to every row. With `*` each weight would be
# multiplied and nothing added up. This is exactly what `nn.Linear` does, which keeps its weights turned:
# $x W^\top + b$.

# %% [markdown] explains="mnist_loss"
# `sure` is how strongly the model believes in a three. Its distance from the label is `1 - sure` where the label is 1
# and `sure` where it is 0, and `torch.where` picks the right one for each picture. `(sure - labels).abs()` says the
# same. Take care which is which: the other way round the model is rewarded for being wrong, and it will learn that
# perfectly well.
#
# No comparison may stand in the way of the gradient. `(scores > 0)` makes stairs, which are flat. The library's
# `sigmoid` is safe for any score, whereas $e^s / (1 + e^s)$ written out gives ∞/∞ for $s = 100$ in float32. One
# weakness remains: the slope for each score is $\pm\, p(1-p)/n$, which is nearly zero where the model is sure and
# *wrong*. Cross-entropy, in section 11, mends that.

# %% [markdown] explains="batches"
# One random order for both tensors: `x[places]` and `y[places]` use the same places, so every picture keeps its label.
# Two calls of `randperm` would give each picture the label of somebody else, and the shapes would look perfectly fine.
# It is one of the most expensive mistakes there are, because nothing complains: the accuracy just stays at that of
# guessing.
#
# The order is over all *rows*, drawn anew at each call. Shuffling only inside the batches, or only the order of fixed
# batches, always brings the same pictures together. `split` keeps what is left over as a smaller last batch; ten rows
# in fours are 4, 4 and 2. `randint` would draw with replacement: with many rows, about 37 % of them ($1/e$) would not
# come at all in an epoch, and others twice.

# %% [markdown] explains="make_loader"
# Two parts with two tasks: the data set knows what item number i is, the loader decides which items make a batch.
# `shuffle=True` draws a new order at each walk, as your `batches` did; leave it out, and all threes come before the
# first seven. `batch_size` has the value 1 if nobody names it, so a forgotten argument makes 64 times as many steps and
# no error.
#
# `dataset[0]` is one pair of rows. A batch comes out of a walk through the loader: `iter` begins one, `next` takes a
# step. `x[:size]` would have the same shape and say nothing about whether the loader works, which is why one looks at a
# first batch at all. `len(loader)` counts batches, `len(loader.dataset)` rows.
