# %% [markdown]
# **In this part you will** build a linear classifier with its loss, batches, training loop and validation, every line
# by hand.
#
# ## 4 · A linear model, every part by hand
#
# Back to the digits, with the same seven steps. Instead of an ideal picture, give every pixel a **weight**: positive
# where ink speaks for a three, negative where it speaks for a seven. Multiply ink by weight, add up, add one more
# number, the **bias**. The result is the picture's **score**: above zero means three. We will let the gradient find
# the weights.
#
# For a matrix product each picture becomes one row of 784 numbers, and each label becomes a row of one number: 1 for
# three, 0 for seven.

# %% setup
train_x = torch.cat([threes, sevens]).flatten(1)
train_y = torch.cat([torch.ones(len(threes), 1), torch.zeros(len(sevens), 1)])
valid_x = torch.cat([valid_threes, valid_sevens]).flatten(1)
valid_y = torch.cat([torch.ones(len(valid_threes), 1), torch.zeros(len(valid_sevens), 1)])

# %% [markdown]
# ### Exercise: parameters and predictions
# difficulty 2/5 · 5 minutes · cards: init-leaf, linear-layer
#
# `init_params` makes a tensor of normal random numbers with mean 0 and standard deviation `std`, and tells autograd to watch it.
# `linear1` makes the scores of a whole batch by one matrix product, in a way that weights and bias can be trained. Fill
# the blanks.
#
# hint: A trailing underscore, as in `zero_()`, means *in place*. To ask for gradients in place is also such a method,
# and it has to be called.


# %% solution="linear1" promises="tensors, random"
def init_params(shape: tuple[int, ...], std: float = 1.0) -> torch.Tensor:
    """Normal random numbers of this standard deviation, that autograd watches."""
    return (torch.randn(shape) * std).requires_grad_()  # ? randn | std | requires_grad_()


def linear1(xb: torch.Tensor, weights: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    """The scores of a batch: (batch, pixels) and (pixels, 1) in, (batch, 1) out."""
    return xb @ weights + bias  # ? xb @ weights | bias


# %% tests="linear1" points=4
def slope_of_double(init_params):
    """What autograd finds in a fresh parameter after twice its sum went backward."""
    params = init_params((3, 1), 0.5)
    (params * 2).sum().backward()
    return params.grad if params.is_leaf else None


def examples(rng):
    yield checks.example(init_params, {"shape": (40, 5)})


with checks.check("scores of two tiny pictures", hint="a matrix product is @, not *"):
    x = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    checks.close(linear1(x, torch.tensor([[1.0], [-1.0]]), torch.tensor([0.5])), [[-0.5], [-0.5]])
with checks.check(
    "gradients arrive in a fresh parameter", hint="autograd must watch the tensor that you return itself"
):
    checks.close(checks.on_student_side(slope_of_double, init_params), [[2.0], [2.0], [2.0]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("any batch of scores, and gradients for weights and bias", hint="does the bias take part?"):
    x, w = rng.tensor(6, 9), rng.tensor(9, 1)
    for bias in (-1.5, 0.0, 2.5):
        b = torch.tensor([bias])
        checks.close(linear1(x, w, b), F.linear(x, w.T, b), rtol=1e-4, atol=1e-5)
    checks.gradient(lambda weights: linear1(x, weights, b).sum(), w, x.sum(0)[:, None], rtol=1e-3, atol=1e-4)
    checks.gradient(lambda bias: linear1(x, w, bias).sum(), b, torch.tensor([6.0]), rtol=1e-3, atol=1e-4)
    for rows, pixels in ((1, 7), (150, 2), (3, 1000)):
        x, w = rng.tensor(rows, pixels), rng.tensor(pixels, 1)
        checks.close(linear1(x, w, b), F.linear(x, w.T, b), rtol=1e-4, atol=1e-4, what="other sizes")
with checks.check(
    "normal numbers of the right spread, both signs", hint="randn, rand and zeros are three different things"
):
    extremes = []
    for std, shape in ((1.0, (5000, 1)), (0.1, (50, 100)), (rng.uniform(1.5, 3), (10, 5, 100))):
        w = (init_params(shape) if std == 1 else init_params(shape, std)).detach() / std  # 1 by default
        checks.shape(w, *shape)
        # 5,000 normal numbers miss one of these with probability 1e-7: 5.6, 7 and 7 standard errors
        checks.between(w.mean(), -0.08, 0.08, what="the mean, divided by std")
        checks.between(w.std(), 0.93, 1.07, what="the standard deviation, divided by std")
        checks.between((w.abs() > 2).float().mean(), 0.025, 0.07, what="the share beyond two standard deviations")
        checks.between((w.abs() > 1).float().mean(), 0.27, 0.365, what="the share beyond one standard deviation")
        checks.true(len(w.unique()) > 4000, "many of the numbers are the same")
        extremes.append(w.abs().max())
    checks.between(max(extremes), 3.0, 8.0, what="the largest of them all, divided by std")
    alone = init_params((1,), 0.5)
    checks.shape(alone, 1)
    checks.between(alone.detach(), -5.0, 5.0, what="a single number of standard deviation 0.5")
### END HIDDEN TESTS

# %% [markdown]
# Step 1 is done: random weights. **Predict** the accuracy of random weights on threes and sevens. (Run the cell a few
# times.)

# %%
weights, bias = init_params((784, 1), std=0.1), init_params((1,), std=0.1)
answers = linear1(valid_x, weights, bias) > 0
print(f"accuracy with random weights: {(answers == (valid_y == 1)).float().mean():.1%}")

# %% [markdown]
# Step 3 asks for a loss. Why not use the accuracy itself? Because it is a staircase: change a weight by a hair, and
# no answer flips, so the accuracy stays exactly as it was. Its slope is zero almost everywhere, and a gradient of
# zero says nothing about where to go.
#
# What we want is a number that gets better when the model becomes *a little surer* of a right answer. The **sigmoid**
# $\sigma(s) = 1/(1 + e^{-s})$ turns any score into a number between 0 and 1, which we can read as how sure the model
# is that it sees a three.

# %%
scores = torch.linspace(-8, 8, 200)
plt.figure(figsize=(6, 2.5))
plt.plot(scores, scores.sigmoid())
plt.axvline(0, color="grey", linewidth=0.5)
plt.xlabel("score")
plt.ylabel("sigmoid")
plt.tight_layout()

# %% [markdown]
# ### Exercise: a loss with a slope to follow
# difficulty 2/5 · 8 minutes · cards: sigmoid, mnist-loss, loss-not-metric
#
# Squeeze the scores through the sigmoid. Then measure how far each result is from its label: for a three (label 1)
# that is 1 − p, for a seven (label 0) it is p. The loss is the mean over the batch.
#
# hint: `torch.where(condition, a, b)` takes from `a` where the condition holds and from `b` elsewhere.


# %% solution="mnist_loss" promises="leaves-inputs, differentiable(scores), tensors"
def mnist_loss(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The mean distance between sigmoid(score) and label; labels are 1.0 or 0.0."""
    ### BEGIN SOLUTION
    sure = scores.sigmoid()
    return torch.where(labels == 1, 1 - sure, sure).mean()
    ### END SOLUTION


# %% tests="mnist_loss" points=4
def examples(rng):
    labels = torch.cat([torch.ones(4, 1), torch.zeros(5, 1)])
    yield checks.example(mnist_loss, {"scores": rng.tensor(9, 1), "labels": labels})


with checks.check("a model that has no idea loses one half", hint="sigmoid(0) is 0.5"):
    checks.close(mnist_loss(torch.zeros(4, 1), torch.tensor([[1.0], [0.0], [0.0], [1.0]])), 0.5)
with checks.check(
    "sure and right costs nothing, sure and wrong costs 1", hint="for which label is 1 - p the distance?"
):
    sure = torch.tensor([[50.0], [-50.0]])
    checks.close(mnist_loss(sure, torch.tensor([[1.0], [0.0]])), 0.0, atol=1e-6)
    checks.close(mnist_loss(sure, torch.tensor([[0.0], [1.0]])), 1.0)
### BEGIN HIDDEN TESTS
rng = checks.rng()
scores, labels = rng.tensor(30, 1) * 3, (torch.arange(30)[:, None] % 3 == 0).float()
p = 1 / (1 + torch.exp(-scores.double()))
with checks.check("any batch", hint="the mean over the batch of |label - sigmoid(score)|"):
    checks.close(mnist_loss(scores, labels), (p - labels).abs().mean())
    many, threes = rng.tensor(300, 1), torch.ones(300, 1)
    for s, y in ((many, threes), (many, 1 - threes), (many, (rng.tensor(300, 1) > 1).float()), (many[:1], threes[:1])):
        right = (1 / (1 + torch.exp(-s.double())) - y).abs().mean()
        checks.close(mnist_loss(s, y), right, what="another number of rows, or labels that are all the same,")
    checks.close(mnist_loss(scores.sign() * 200, (scores < 0).float()), 1.0, what="very large scores, all wrong")
with checks.check("a gradient for every score", hint="is a threshold or a detach in the way?"):
    slope = p * (1 - p) / 30 * (1 - 2 * labels)
    checks.gradient(lambda s: mnist_loss(s, labels), scores, slope, rtol=1e-3, atol=1e-6)
### END HIDDEN TESTS

# %% [markdown]
# See the staircase beside the slope. We take the difference of the two mean pictures as weights, slide the bias from
# left to right, and watch accuracy and loss on forty pictures.

# %%
few_x, few_y = torch.cat([train_x[:20], train_x[-20:]]), torch.cat([train_y[:20], train_y[-20:]])
raw = few_x @ (ideal_three - ideal_seven).reshape(784, 1)
slide = torch.linspace(-25, 15, 400)
accuracies = [((raw + b > 0) == (few_y == 1)).float().mean() for b in slide]
plt.figure(figsize=(6, 3))
plt.plot(slide, accuracies, label="accuracy: a staircase")
plt.plot(slide, [mnist_loss(raw + b, few_y) for b in slide], label="loss: a slope")
plt.xlabel("bias")
plt.legend()
plt.tight_layout()

# %% [markdown]
# Next: which pictures go into one step? All of them make a good gradient, slowly. A single one makes a poor gradient,
# fast. A **mini-batch** is the middle way: some dozens at a time, reshuffled in every epoch (an **epoch** is one
# pass over all the training pictures).
#
# ### Exercise: batches by hand
# difficulty 3/5 · 10 minutes · cards: mini-batch, shuffle-together
#
# Write `batches` so that `for xb, yb in batches(x, y, size)` walks through all the rows once, `size` at a time: a
# generator with `yield` is the natural way, and a list of pairs will do. With `shuffle` the rows come in a new random order each time, and each
# picture keeps its label. The last batch is smaller if there are not enough rows left.
#
# hint: `torch.randperm(n)` is a random order of 0 … n−1, and `order.split(size)` cuts it into pieces. A tensor of
# places can be used as an index.


# %% solution="batches" promises="leaves-inputs"
def batches(x: torch.Tensor, y: torch.Tensor, size: int, shuffle: bool = True):
    """Yields (xb, yb), `size` rows at a time, each row once."""
    ### BEGIN SOLUTION
    order = torch.randperm(len(x)) if shuffle else torch.arange(len(x))
    for places in order.split(size):
        yield x[places], y[places]
    ### END SOLUTION


# %% tests="batches" points=4
def examples(rng):
    def rows_in_order(x, y, size):
        return [xb for xb, _ in checks.collect(batches(x, y, size))]

    yield checks.example(rows_in_order, {"x": rng.permutation(13), "y": torch.arange(13), "size": 3})


def pictures_that_meet(batches, x, y, size, epochs):
    """For each epoch which rows came in the first batch, and the order of all."""
    import torch

    return [[yb.tolist() for _, yb in batches(x, y, size)] for _ in range(epochs)]


with checks.check("five rows in twos, in order", hint="the last batch holds the row that is left over"):
    x, y = torch.arange(10.0).reshape(5, 2), torch.arange(5)
    got = checks.collect(batches(x, y, 2, shuffle=False))
    checks.equal([len(xb) for xb, yb in got], [2, 2, 1])
    checks.equal(torch.cat([xb for xb, yb in got]), x)
    checks.equal(torch.cat([yb for xb, yb in got]), y)
### BEGIN HIDDEN TESTS
rng = checks.rng()
n, size = rng.integer(60, 90), rng.integer(13, 19)
x = torch.stack([rng.permutation(n), rng.permutation(n)], dim=1)
y = x[:, 0] * 1000 + x[:, 1]
with checks.check("shuffled, every row comes exactly once", hint="draw without replacement, and drop nothing"):
    for rows in (n, 3 * size, 3 * size + 1, size, size - 1, 1):
        got = checks.collect(batches(x[:rows], y[:rows], size))
        checks.equal([len(xb) for xb, yb in got], [size] * (rows // size) + ([rows % size] if rows % size else []))
        checks.equal(torch.cat([xb[:, 0] for xb, yb in got]).sort().values, x[:rows, 0].sort().values)
    got = checks.collect(batches(x[:7], y[:7], 1))
    checks.equal([len(xb) for xb, yb in got], [1] * 7, what="batches of one row")
    pictures = rng.tensor(n, 3, 2)
    got = checks.collect(batches(pictures, y, size, False))
    checks.equal(torch.cat([xb for xb, yb in got]), pictures, what="pictures of two axes, in order")
    checks.equal(torch.cat([yb for xb, yb in got]), y, what="their labels, in order")
with checks.check("every picture keeps its label", hint="one order for both x and y"):
    for xb, yb in checks.collect(batches(x, y, size)):
        checks.equal(yb, xb[:, 0] * 1000 + xb[:, 1])
with checks.check("another order in every epoch", hint="draw one new order of all the rows at every call"):
    first, second = (torch.cat([yb for xb, yb in checks.collect(batches(x, y, size))]) for _ in range(2))
    checks.true(not torch.equal(first, second), "two epochs came in the same order")
    checks.true(not torch.equal(first, y), "the rows came in their old order")
    twelve = torch.arange(12)
    epochs = checks.on_student_side(pictures_that_meet, batches, twelve[:, None], twelve, 4, 30)
    partners = {tuple(sorted(batch)) for epoch in epochs for batch in epoch}
    checks.true(len(partners) > 12, "the same rows always meet in one batch: shuffle all rows, not each batch")
    firsts = {epoch[0][0] for epoch in epochs}  # of 12 rows 30 right epochs begin with fewer than 5 once in 10^8 times
    checks.true(len(firsts) > 4, "some rows never come first: is every order as likely as every other?")
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise: the same from the shelf
# difficulty 1/5 · 4 minutes · cards: dataloader, tensor-dataset, loader-length, first-batch
#
# PyTorch has this ready. A `TensorDataset` ties tensors together row by row: its item number i is the pair of the i-th
# rows. A `DataLoader` walks through a data set in batches. Fill the blanks so that the loader is shuffled and hands out
# `x` and `y` as they are, and take a first batch out of *the loader* to look at.
#
# hint: `iter` begins a walk through something, `next` takes one step of it.


# %% solution="make_loader" promises="random, leaves-inputs"
def make_loader(x: torch.Tensor, y: torch.Tensor, size: int):
    """A shuffled loader of (x, y) batches, and one first batch of it."""
    dataset = TensorDataset(x, y)  # ? TensorDataset | x, y
    loader = DataLoader(dataset, batch_size=size, shuffle=True)  # ? DataLoader | batch_size=size | shuffle=True
    first_x, first_y = next(iter(loader))  # ? next | iter
    return loader, first_x, first_y


# %% tests="make_loader" points=3
def examples(rng):
    def rows_of_an_epoch(x, y, size):
        loader, _, _ = make_loader(x, y, size)
        return [xb for xb, _ in checks.collect(loader)]

    yield checks.example(rows_of_an_epoch, {"x": rng.permutation(30), "y": torch.arange(30), "size": 8})


with checks.check("ten rows in batches of four are three batches", hint="len(loader) counts batches"):
    loader, first_x, first_y = make_loader(torch.arange(10.0)[:, None], torch.arange(10), 4)
    checks.equal(len(loader), 3)
    checks.equal(len(loader.dataset), 10)
    checks.equal(first_x.flatten(), first_y)
### BEGIN HIDDEN TESTS
rng = checks.rng()
x = rng.permutation(100)
with checks.check(
    "batches of the size that was asked for", hint="what did you take out of the loader? Which argument has the size?"
):
    loader, first_x, first_y = make_loader(x, x * 2, 20)
    checks.shape(first_x, 20)
    checks.equal(first_y, first_x * 2)
    checks.equal(len(set(first_x.tolist())), 20, what="different rows in the first batch")
    checks.equal([len(xb) for xb, yb in checks.collect(loader)], [20] * 5)
    checks.true(not torch.equal(first_x, x[:20]), "the first batch is the first rows of the data: nothing was shuffled")
    checks.dtype(first_y, torch.int64, what="the labels, which were int64")
    pictures = rng.tensor(40, 2, 3)
    loader, first_x, first_y = make_loader(pictures, pictures[:, 0, :1], 50)
    checks.shape(first_x, 40, 2, 3, what="a first batch that asks for more rows than there are")
    checks.equal(first_y, first_x[:, 0, :1])
    checks.close(first_x.flatten().sort().values, pictures.flatten().sort().values, what="the numbers of all rows")
    checks.equal(len(checks.collect(loader)), 1)
with checks.check("shuffled anew in every epoch, nothing lost", hint="look at the arguments of the loader"):
    loader, _, _ = make_loader(x, x * 2, 30)
    order, again = (torch.cat([xb for xb, yb in checks.collect(loader)]) for _ in range(2))
    checks.equal(order.sort().values, torch.arange(100))
    checks.true(not torch.equal(order, x), "the rows came in their old order")
    checks.true(not torch.equal(order, again), "two epochs came in the same order")
### END HIDDEN TESTS

# %% [markdown]
# From here on we use PyTorch's loader. For validation nothing is shuffled: the order does not matter, and it is
# easier to find a picture again.

# %% setup
train_dl = DataLoader(TensorDataset(train_x, train_y), batch_size=64, shuffle=True)
valid_dl = DataLoader(TensorDataset(valid_x, valid_y), batch_size=256)

# %% [markdown]
# ### Exercise: one epoch
# difficulty 2/5 · 8 minutes · cards: training-step, gradients-accumulate, no-grad
#
# The heart of deep learning fits into a dozen lines. `calc_grad` does steps 2, 3 and 4 for one batch; `train_epoch`
# walks through all the batches and does step 5 after each. One such step for each batch, and not one for the whole data
# set, is **stochastic gradient descent** (SGD). Losses are returned as Python numbers: a list of tensors would keep the
# graph of every batch in memory. When `train_epoch` is called, no parameter holds a gradient. Fill the blanks, and notice
# that nothing in here knows about digits.
#
# hint: What did a second `backward` do to `.grad` in part 3, and which operator changes a tensor in place?


# %% solution="train_epoch" promises="changes(params), numbers"
def calc_grad(xb, yb, model, loss_func) -> float:
    """Puts the gradient of this batch's loss into the parameters; returns the loss."""
    scores = model(xb)  # ? model(xb)
    loss = loss_func(scores, yb)  # ? scores
    loss.backward()  # ? backward
    return loss.item()


def train_epoch(model, loss_func, loader, params, lr) -> list[float]:
    """One step for each batch, on params in place; returns the losses of the batches."""
    losses = []
    for xb, yb in loader:
        losses.append(calc_grad(xb, yb, model, loss_func))
        with torch.no_grad():  # ? no_grad
            for p in params:
                p -= lr * p.grad  # ? lr * p.grad
                p.grad.zero_()  # ? zero_()
    return losses


# %% tests="train_epoch" points=4
def epoch_on(train_epoch, params, x, y):
    """The losses of an epoch of a linear layer with these weights."""
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    model = torch.nn.Linear(x.shape[1], 1, bias=False)
    model.weight = torch.nn.Parameter(params)
    loader = DataLoader(TensorDataset(x, y), batch_size=2)
    return train_epoch(model, torch.nn.functional.mse_loss, loader, [model.weight], 0.1)


def examples(rng):
    def losses_of(params, x, y):
        return checks.on_student_side(epoch_on, train_epoch, params, x, y)

    start = rng.tensor(1, 3, requires_grad=True)
    yield checks.example(losses_of, {"params": start, "x": rng.tensor(5, 3), "y": rng.tensor(5, 1)})


def gradient_of(calc_grad, x, y, w):
    """The loss that calc_grad returns, and the gradient that it leaves behind."""
    w = w.clone().requires_grad_()
    loss = calc_grad(x, y, lambda xb: xb @ w, lambda s, t: ((s - 2 * t) ** 2).mean())
    return loss, w.grad


def epoch(train_epoch, x, y, w, b, lr, size):
    """Weights, bias and losses after an epoch of linear regression, and whether the losses are plain numbers."""
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    model = torch.nn.Linear(x.shape[1], y.shape[1])
    model.weight.data, model.bias.data = w.T.clone(), b.clone()
    loader = DataLoader(TensorDataset(x, y), batch_size=size)
    losses = train_epoch(model, lambda s, t: ((s - t) ** 2).mean(), loader, list(model.parameters()), lr)
    plain = all(isinstance(loss, float) for loss in losses) and torch.is_grad_enabled()
    return model.weight.detach().T, model.bias.detach(), [float(loss) for loss in losses], plain


def two_epochs(train_epoch, x, y, w, lr, size):
    """Three parameters and the losses after two epochs of a function that has four, without the last small batch."""
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    params = [w.clone().requires_grad_() for _ in range(4)]

    def model(xb):
        return (xb @ params[0]).tanh() + (xb @ params[1]).tanh() + xb @ params[2] + xb @ params[3]

    loader = DataLoader(TensorDataset(x, y), batch_size=size, drop_last=True)
    losses = [train_epoch(model, lambda s, t: ((s - t) ** 2).mean(), loader, params[:3], lr) for _ in range(2)]
    return [p.detach().clone() for p in params], [[float(loss) for loss in part] for part in losses]


def right_two_epochs(x, y, w, lr, size):
    """The same by the formula of the gradient."""
    params, losses = [w] * 4, [[], []]
    for part in losses:
        for k in range(0, len(x) // size * size, size):
            xb, first, second = (
                x[k : k + size],
                (x[k : k + size] @ params[0]).tanh(),
                (x[k : k + size] @ params[1]).tanh(),
            )
            error = first + second + xb @ params[2] + xb @ params[3] - y[k : k + size]
            part.append(error.pow(2).mean())
            bent = [error * (1 - first**2), error * (1 - second**2), error, torch.zeros_like(error)]
            params = [p - lr * 2 / len(xb) * xb.T @ e for p, e in zip(params, bent, strict=True)]
    return params, losses


def right_epoch(x, y, w, b, lr, size):
    """The same by the formula of the gradient."""
    losses = []
    for k in range(0, len(x), size):
        error = x[k : k + size] @ w + b - y[k : k + size]
        losses.append(error.pow(2).mean())
        w = w - lr * 2 / error.numel() * x[k : k + size].T @ error
        b = b - lr * 2 / error.numel() * error.sum(0)
    return w, b, losses


x, y = torch.tensor([[1.0], [2.0]]), torch.tensor([[0.0], [0.0]])
with checks.check("one batch: loss 2.5 and slope 5", hint="model, then loss function, then backward"):
    loss, slope = checks.on_student_side(gradient_of, calc_grad, x, y, torch.ones(1, 1))
    checks.close(loss, 2.5)
    checks.close(slope, [[5.0]])
with checks.check("one epoch of one batch", hint="downhill is against the gradient, times the learning rate"):
    w, b, losses, plain = checks.on_student_side(epoch, train_epoch, x, y, torch.ones(1, 1), torch.zeros(1), 0.1, 2)
    checks.close(w, [[0.5]])
    checks.close(losses, [2.5])
    checks.true(plain, "the losses are not plain Python numbers, or gradients are off after the epoch")
### BEGIN HIDDEN TESTS
rng = checks.rng()
x, y, w, b = rng.tensor(22, 3), rng.tensor(22, 3), rng.tensor(3, 3), rng.tensor(3)
with checks.check(
    "one batch, any rate, any targets", hint="does every parameter move, by lr times its gradient? Do the labels count?"
):
    for rate in (rng.uniform(0.02, 0.1), rng.uniform(0.5, 0.9)):
        got_w, got_b, losses, _ = checks.on_student_side(epoch, train_epoch, x, y, w, b, rate, 22)
        right_w, right_b, right_losses = right_epoch(x, y, w, b, rate, 22)
        checks.close(losses, right_losses, rtol=1e-4, what="the losses")
        checks.close(got_w, right_w, rtol=1e-4, atol=1e-5, what="the weights")
        checks.close(got_b, right_b, rtol=1e-4, atol=1e-5, what="the bias")
with checks.check("several batches, one step each", hint="what is left in grad for the next batch?"):
    lr = rng.uniform(0.05, 0.1)
    got_w, got_b, losses, _ = checks.on_student_side(epoch, train_epoch, x, y, w, b, lr, 5)
    right_w, right_b, right_losses = right_epoch(x, y, w, b, lr, 5)
    checks.close(got_w, right_w, rtol=1e-4, atol=1e-5)
    checks.close(got_b, right_b, rtol=1e-4, atol=1e-5)
    checks.close(losses, right_losses, rtol=1e-4)
    x, y, w = rng.tensor(64, 3), rng.tensor(64, 1), rng.tensor(3, 1)
    got, losses = checks.on_student_side(two_epochs, train_epoch, x, y, w, 0.05, 3)
    right, right_losses = right_two_epochs(x, y, w, 0.05, 3)
    checks.close(got[3], w, what="a parameter of the model that is not in params")
    checks.close(
        torch.stack(got[:3]), torch.stack(right[:3]), rtol=1e-3, atol=1e-4, what="three parameters, two epochs"
    )
    checks.close(losses, right_losses, rtol=1e-3, what="the losses of two epochs")
### END HIDDEN TESTS

# %% [markdown]
# Step 7 asks when it is good enough. The loss is made for the gradient; people want the accuracy, on pictures that
# were not trained on.
#
# ### Exercise: how good is it?
# difficulty 3/5 · 10 minutes · cards: threshold-scores, weighted-mean, no-grad
#
# `batch_accuracy` compares scores with labels of 1.0 and 0.0; both have shape (batch, 1). It gets the *scores*, not
# the sigmoids: think about which score means fifty-fifty. (A score exactly there may fall on either side.)
#
# `validate_epoch` finds the mean of a metric over all that a loader hands out, in a way that every *picture* counts the
# same. If the last batch is smaller, the plain mean of the batches is not that; and a loader may leave rows of its data
# set out (`drop_last=True`). It returns a Python number. It does not need
# gradients, so switch them off while it runs, and only so long: it saves memory and time. The training mode of the model
# is for the caller to choose; you need not look at it.
#
# hint: Add up `metric × rows` and divide by all the rows that came.


# %% solution="validate_epoch" promises="leaves-inputs"
def batch_accuracy(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The share of scores on the right side."""
    ### BEGIN SOLUTION
    return ((scores > 0) == (labels == 1)).float().mean()
    ### END SOLUTION


def validate_epoch(model, loader, metric) -> float:
    """The mean of metric(model(xb), yb) over all rows of the loader."""
    ### BEGIN SOLUTION
    total, rows = 0.0, 0
    with torch.no_grad():
        for xb, yb in loader:
            total += float(metric(model(xb), yb)) * len(xb)
            rows += len(xb)
    return total / rows
    ### END SOLUTION


# %% tests="validate_epoch" points=5
def mean_over(validate_epoch, x, y):
    """The mean error of a linear layer over batches of two."""
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    loader = DataLoader(TensorDataset(x, y), batch_size=2)
    return validate_epoch(torch.nn.Linear(1, 1), loader, lambda s, t: (s - t).abs().mean())


def examples(rng):
    def mean_error(x, y):
        return checks.on_student_side(mean_over, validate_epoch, x, y)

    yield checks.example(mean_error, {"x": rng.tensor(5, 1), "y": rng.tensor(5, 1)})
    labels = rng.integers(6, 1, low=0, high=1).float()
    yield checks.example(batch_accuracy, {"scores": rng.tensor(6, 1), "labels": labels})


def validated(validate_epoch, x, y, size, factor, drop_last=False):
    """The mean error of a linear model, whether it is a plain number, and the gradient modes inside and afterwards."""
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    modes = []
    model = torch.nn.Linear(x.shape[1], x.shape[1])
    model.weight.data, model.bias.data = torch.eye(x.shape[1]) * factor, torch.ones(x.shape[1])
    model.register_forward_hook(lambda *_: modes.append(torch.is_grad_enabled()))
    loader = DataLoader(TensorDataset(x, y), batch_size=size, drop_last=drop_last)
    got = validate_epoch(model, loader, lambda s, t: (s - t).abs().mean())
    recording = torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    return float(got), isinstance(got, float), any(modes) or not modes, recording


with checks.check("three of four scores on the right side", hint="which labels say three?"):
    scores, labels = torch.tensor([[9.0], [-9.0], [8.0], [-7.0]]), torch.tensor([[1.0], [0.0], [0.0], [0.0]])
    checks.close(batch_accuracy(scores, labels), 0.75)
with checks.check("the mean over two batches of the same size", hint="call metric(model(xb), yb) for each batch"):
    x = torch.tensor([[1.0], [1.0], [4.0], [4.0]])
    mean, plain, _, recording = checks.on_student_side(validated, validate_epoch, x, torch.ones(4, 1), 2, 2.0)
    checks.close(mean, 5.0)
    checks.true(plain, "expected a Python number: float(...) makes one of a tensor")
    checks.true(recording, "afterwards autograd records nothing any more: later cells could not learn")


### BEGIN HIDDEN TESTS
def lopsided(validate_epoch, x, y, size):
    """The mean of a metric in which scores and labels cannot change places, twice."""
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    def metric(scores, labels):
        return (scores - 3 * labels).abs().mean()

    loader = DataLoader(TensorDataset(x, y), batch_size=size)
    return [float(validate_epoch(torch.nn.Identity(), loader, metric)) for _ in range(2)]


rng = checks.rng()
with checks.check(
    "hesitant scores count too", hint="sigmoid(0) is a half, so the border between the answers is at score 0"
):
    scores, wrong = torch.cat([rng.tensor(50, 1, low=0.05, high=0.45), rng.tensor(50, 1, low=-0.9, high=-0.05)]), 7
    labels = (scores > 0).float()
    labels[:wrong] = 1 - labels[:wrong]
    for sign in (1, -1):
        checks.close(batch_accuracy(sign * scores, labels if sign == 1 else 1 - labels), (100 - wrong) / 100)
    for scale in (1e-3, 1e3):
        checks.close(
            batch_accuracy(scale * scores, labels), (100 - wrong) / 100, what=f"scores {scale:g} times as large"
        )
    checks.close(batch_accuracy(scores[:1], labels[:1]), 0.0, what="a single picture on the wrong side")
    labels = (scores[:60].repeat(5, 1) > 0).float()
    checks.close(batch_accuracy(scores[:60].repeat(5, 1), labels), 1.0, what="three hundred scores on the right side")
    labels[-30:] = 1 - labels[-30:]
    checks.close(
        batch_accuracy(scores[:60].repeat(5, 1), labels), 0.9, what="three hundred scores, a tenth of them wrong"
    )
with checks.check("batches of different sizes", hint="does a picture in a small batch count more than the others?"):
    last = rng.integer(1, 3)
    x = rng.tensor(20 + last, 1)
    y = torch.cat([rng.tensor(20, 1), 10 + rng.tensor(last, 1)])
    got = checks.on_student_side(validated, validate_epoch, x, y, 10, 1.0)[0]
    checks.close(got, (x + 1 - y).abs().mean())
    got = checks.on_student_side(validated, validate_epoch, x, y, 10, 1.0, True)[0]
    checks.close(got, (x + 1 - y)[:20].abs().mean(), what="over a loader that drops its last batch")
    x, y = rng.tensor(151, 2, 3), rng.tensor(151, 2, 3)
    for got in checks.on_student_side(lopsided, validate_epoch, x, y, 2):
        checks.close(got, (x - 3 * y).abs().mean(), rtol=1e-4, what="over many batches of pictures")
with checks.check(
    "no gradients are recorded on the way, and again afterwards", hint="a with block switches off, and on again"
):
    _, _, recorded, afterwards = checks.on_student_side(
        validated, validate_epoch, rng.tensor(5, 2), rng.tensor(5, 2), 2, 1.0
    )
    checks.true(not recorded, "the model was not called, or it was called while autograd recorded gradients")
    checks.true(afterwards, "gradients are still switched off afterwards: no later cell could learn")
### END HIDDEN TESTS

# %% [markdown]
# All parts are there. Roll: twenty epochs of a model with 785 parameters. **Predict:** will it beat the ideals? And
# what will the weights look like, drawn as a picture?

# %%
torch.manual_seed(0)
weights, bias = init_params((784, 1), std=0.1), init_params((1,), std=0.1)


def linear_model(xb):
    return linear1(xb, weights, bias)


curve = []
for _ in range(device.budget(20)):
    train_epoch(linear_model, mnist_loss, train_dl, [weights, bias], lr=1.0)
    curve.append(validate_epoch(linear_model, valid_dl, batch_accuracy))
hits["3 or 7, linear by hand"] = ((linear_model(valid_x) > 0) == (valid_y == 1))[:, 0]
print(f"validation accuracy after {len(curve)} epochs: {curve[-1]:.2%}")

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.2))
left.plot(range(1, len(curve) + 1), curve, marker=".")
for name, style in (("L1", ":"), ("RMSE", "--")):
    level = hits[f"3 or 7, nearest mean, {name}"].float().mean()
    left.axhline(level, color="grey", linestyle=style, label=f"nearest mean, {name}")
left.set(xlabel="epoch", ylabel="validation accuracy")
left.legend()
right.imshow(weights.detach().reshape(28, 28), cmap="coolwarm", vmin=-0.6, vmax=0.6)
right.set_title("the weights: red speaks for three, blue for seven", fontsize=9)
right.set_axis_off()
figure.tight_layout()

# %% [markdown]
# How much of that is learning? With RMSE, *nearest mean* is a linear model too (its weights are the difference of the
# two ideals), so both models can say the same things. Whatever lies between the dashed line and the curve, the
# gradient has gained by choosing better weights. Around the edge the weights are still the random numbers of the
# start: no picture ever has ink there, and a pixel without ink has no gradient.
#
# **Now you can** write a training loop from nothing: parameters, scores, a loss with a slope, shuffled batches, steps,
# and an honest accuracy. *Further reading:* *Deep Learning for Coders*, chapter 4, "The MNIST loss function" to "Putting it
# all together"; [PyTorch: datasets and data loaders](https://pytorch.org/docs/stable/data.html).
