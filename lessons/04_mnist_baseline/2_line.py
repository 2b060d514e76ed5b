# %% [markdown]
# ## 4 · Downhill, step by step
#
# **In this part you will** take steps of gradient descent by hand, give a linear classifier a loss with a slope to
# follow, and cut the training pictures into batches.
#
# ### Exercise: once round the loop
# difficulty 3/5 · 10 minutes · cards: seven-steps, manual-step, gradients-accumulate
#
# Write steps 2 to 5. The loss is the mean squared error between `quadratic(t, params)` and `y`. `params` is a tensor
# of three numbers that requires a gradient and holds none yet; change *that tensor* (in place, without recording the change for
# autograd), leave no gradient behind in it for the next trip (`params.grad` is None or zero afterwards), and return the
# loss from before the step as a Python number. Outside of your function, gradients are recorded as before.
#
# hint: Plain `params = params - ...` makes a new tensor and leaves the caller's as it was. Which operator changes a
# tensor in place, and what has to be switched off for it?
#
# hint: What happened above at the second `backward`?


# %% solution="descend" promises="changes(params), numbers"
def descend(t: torch.Tensor, y: torch.Tensor, params: torch.Tensor, lr: float) -> float:
    """One step downhill for `params`, changed in place; returns the loss before the step."""
    ### BEGIN SOLUTION
    loss = (quadratic(t, params) - y).pow(2).mean()
    loss.backward()
    with torch.no_grad():
        params -= lr * params.grad
    params.grad = None
    return loss.item()
    ### END SOLUTION


# %% tests="descend" points=4
def by_algebra(t, y, params, lr):
    """The same step from the formula of the gradient: 2/n times Mᵀ(Mp − y)."""
    table = torch.stack([t**2, t, torch.ones_like(t)], dim=1)
    error = table @ params - y
    return error.pow(2).mean(), params - lr * 2 / len(t) * table.T @ error


def examples(rng):
    start = rng.tensor(3, requires_grad=True)
    yield checks.example(descend, {"t": rng.tensor(9), "y": rng.tensor(9), "params": start, "lr": 0.05})


def still_recording(descend, t, y, start):
    """Whether gradients are recorded after a step; they are again after this."""
    import torch

    descend(t, y, start.clone().requires_grad_(), 0.1)
    recording = torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    return recording


def left_behind(descend, t, y, start):
    """The gradient that a step leaves in the parameters."""
    import torch

    params = start.clone().requires_grad_()
    descend(t, y, params, 0.1)
    return torch.zeros_like(start) if params.grad is None else params.grad


t, y, start = torch.tensor([0.0, 1.0, 2.0]), torch.tensor([1.0, 0.0, 1.0]), torch.tensor([1.0, 0.0, -1.0])
loss, after = by_algebra(t, y, start, 0.1)
with checks.check("returns the loss before the step", hint="the mean of the squared errors"):
    checks.close(descend(t, y, start.clone().requires_grad_(), 0.1), loss)
with checks.check("moves the parameters that it was given", hint="did you change params in place, and downhill?"):
    params = start.clone().requires_grad_()
    descend(t, y, params, 0.1)
    checks.close(params.detach(), after)
    recording = checks.on_student_side(still_recording, descend, t, y, start)
    checks.true(recording, "after the step autograd records nothing any more: later cells could not learn")
### BEGIN HIDDEN TESTS
rng = checks.rng()
t, y, start = rng.tensor(150), rng.tensor(150), rng.tensor(3)
with checks.check(
    "any data, any learning rate", hint="a mean and no sum, against the slope; gradients on again at the end?"
):
    steep = y + 100 * t + 50  # a gradient of hundreds
    near = quadratic(t, start) + 0.01 * y  # a gradient close to zero
    rates = ((0.0, y), (rng.uniform(0.01, 0.05), y), (rng.uniform(0.2, 0.4), y), (0.01, steep), (3.0, y), (9.0, near))
    for lr, targets in rates:
        params = start.clone().requires_grad_()
        checks.close(descend(t, targets, params, lr), by_algebra(t, targets, start, lr)[0], what="the loss", rtol=1e-4)
        checks.close(params.detach(), by_algebra(t, targets, start, lr)[1], what="the parameters", rtol=1e-4, atol=1e-5)
with checks.check("three trips in a row", hint="what does backward do with a gradient that is still there?"):
    params, expected = start.clone().requires_grad_(), start
    lr = rng.uniform(0.01, 0.05)
    for _ in range(3):
        descend(t, y, params, lr)
        expected = by_algebra(t, y, expected, lr)[1]
    checks.close(params.detach(), expected, rtol=1e-4, atol=1e-5)
    checks.close(
        checks.on_student_side(left_behind, descend, t, y, start), torch.zeros(3), what="the gradient left behind"
    )
### END HIDDEN TESTS

# %% [markdown]
# Now roll. The cell below starts at $a = b = c = 1$ and takes a thousand steps. **Predict:** will the curve find the
# points?


# %%
def watch(t, lr, moments):
    """Draw the fitted curve after these numbers of steps."""
    params = torch.ones(3, requires_grad=True)
    figure, axes = plt.subplots(1, len(moments), figsize=(10, 2.5), sharey=True)
    for step in range(max(moments) + 1):
        if step in moments:
            axis = axes[moments.index(step)]
            axis.scatter(time, speed, s=8)
            axis.plot(time, quadratic(t, params).detach(), "tab:red")
            axis.set_ylim(-2, 12)
        loss = descend(t, speed, params, lr)
        if step in moments:
            axis.set_title(f"{step} steps, loss {loss:.2f}", fontsize=9)
    figure.tight_layout()


watch(time, lr=0.002, moments=[0, 1, 10, 1000])

# %% [markdown]
# The first steps help a lot, and then it crawls: after a thousand steps the dip is barely there. A larger learning
# rate does not save it (try 0.004, and watch the loss explode). The reason is in the inputs. $t^2$ goes up to 36
# while the constant term always sees a 1, so the slope in the direction of $a$ is huge and in the direction of $c$
# tiny, and *one* learning rate has to serve both.
#
# So measure time differently: from the middle of the film, in units of three seconds, so that it runs from −1 to 1.
# The physics is the same. **Predict** what happens with the learning rate, and with the number of steps.

# %%
watch((time - 3) / 3, lr=0.5, moments=[0, 1, 10, 50])

# %% [markdown]
# A learning rate 250 times as large, and fifty steps do better than a thousand. That is why everybody scales inputs,
# and why you divided by 255. Before you go on, change `lr` above to 1.0 and look: too long a step lands higher up on
# the other side of the valley, and the next one higher still.

# %% [markdown]
# ## 5 · A linear model, every part by hand
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
# `linear1` makes the scores of a whole batch by one matrix product, in such a way that weights and bias can be trained. Fill
# the blanks.
#
# hint: A trailing underscore, as in `zero_()`, means *in place*. To ask for gradients in place is also such a method,
# and it has to be called.


# %% solution="linear1" promises="tensor, random"
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


# %% solution="mnist_loss" promises="leaves-inputs, differentiable(scores), tensor"
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


# %% solution="batches" promises="leaves-inputs, tensors"
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

    return [[[int(label) for label in yb] for _, yb in batches(x, y, size)] for _ in range(epochs)]


def together(parts):
    """The rows of all batches."""
    return torch.cat([checks.doubles(part) for part in parts])


with checks.check("five rows in twos, in order", hint="the last batch holds the row that is left over"):
    x, y = torch.arange(10.0).reshape(5, 2), torch.arange(5)
    got = checks.collect(batches(x, y, 2, shuffle=False))
    checks.equal([len(xb) for xb, yb in got], [2, 2, 1])
    checks.equal(together(xb for xb, yb in got), x)
    checks.equal(together(yb for xb, yb in got), y)
### BEGIN HIDDEN TESTS
rng = checks.rng()


def listed(batches, *given):
    """The batches of one call."""
    from itertools import islice

    return list(islice(batches(*given), 1001))


def all_of(*given):
    return checks.collect(checks.on_student_side(listed, batches, *given))


n, size = rng.integer(60, 90), rng.integer(13, 19)
x = torch.stack([rng.permutation(n), rng.permutation(n)], dim=1)
y = x[:, 0] * 1000 + x[:, 1]
with checks.check("shuffled, every row comes exactly once", hint="draw without replacement, and drop nothing"):
    for rows in (n, 3 * size, 3 * size + 1, size, size - 1, 1):
        got = all_of(x[:rows], y[:rows], size)
        checks.equal([len(xb) for xb, yb in got], [size] * (rows // size) + ([rows % size] if rows % size else []))
        checks.equal(together(xb for xb, yb in got)[:, 0].sort().values, x[:rows, 0].sort().values)
    got = all_of(x[:7], y[:7], 1)
    checks.equal([len(xb) for xb, yb in got], [1] * 7, what="batches of one row")
    pictures = rng.tensor(n, 3, 2)
    got = all_of(pictures, y, size, False)
    checks.equal(together(xb for xb, yb in got), pictures, what="pictures of two axes, in order")
    checks.equal(together(yb for xb, yb in got), y, what="their labels, in order")
with checks.check("every picture keeps its label", hint="one order for both x and y"):
    for xb, yb in all_of(x, y, size):
        checks.equal(yb, checks.doubles(xb) @ torch.tensor([1000.0, 1.0]).double())
with checks.check("another order in every epoch", hint="draw one new order of all the rows at every call"):
    first, second = (together(yb for xb, yb in all_of(x, y, size)) for _ in range(2))
    checks.true(not torch.equal(first, second), "two epochs came in the same order")
    checks.true(not torch.equal(first, y.double()), "the rows came in their old order")
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


# %% solution="make_loader" promises="random, leaves-inputs, tensors"
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

    given = {"x": rng.permutation(30), "y": torch.arange(30), "size": 8}
    yield checks.example(rows_of_an_epoch, given)
    yield checks.example(lambda *data: make_loader(*data)[1:], given)


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
    pictures = rng.tensor(12, 2, 3)
    loader, first_x, first_y = make_loader(pictures, pictures[:, 0, :1], 50)
    checks.shape(first_x, 12, 2, 3, what="a first batch that asks for more rows than there are")
    checks.equal(first_y, first_x[:, 0, :1])
    checks.close(first_x.flatten().sort().values, pictures.flatten().sort().values, what="the numbers of all rows")
    checks.equal(len(checks.collect(loader)), 1)
with checks.check("shuffled anew in every epoch, nothing lost", hint="look at the arguments of the loader"):
    x = rng.permutation(50)
    loader, _, _ = make_loader(x, x * 2, 15)
    order, again = (torch.cat([xb for xb, yb in checks.collect(loader)]) for _ in range(2))
    checks.equal(order.sort().values, torch.arange(50))
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
# **Now you can** take a step downhill without autograd watching, say why accuracy cannot be the loss, and hand out
# shuffled batches.
