# %% [markdown]
# ## 3 · Steps from the shelf
#
# **In this part you will** leave the steps to an optimiser, let objects remember their settings, and hand out rows in
# shuffled batches.
#
# ### Exercise: let an optimiser do it
# difficulty 2/5 · 7 minutes · cards: optimiser-two-lines, make-sgd, import-optim
#
# Some of those lines are the same in every program: clear the gradients, step through all the parameters. `torch.optim`
# has them ready, as `zero_grad()` and `step()`. The optimiser is told *once* which parameters it looks after. Rewrite
# the loop with one. `make` is a class such as `torch.optim.SGD` or `torch.optim.RMSprop`; `make_sgd` makes one by name.


# %% solution="fit_with" promises="leaves-inputs, no-graph"
def make_sgd(model, lr: float):
    """Plain gradient descent on all the parameters of the model."""
    from torch import optim

    return optim.SGD(model.parameters(), lr=lr)  # ? SGD | model.parameters() | lr=lr


def fit_with(make, model, features, y, lr: float, steps: int) -> list[float]:
    """Steps of an optimiser on the sum of squared errors, in place; returns the losses."""
    loss_func = nn.MSELoss(reduction="sum")
    losses = []
    ### BEGIN SOLUTION
    opt = make(model.parameters(), lr=lr)
    for _ in range(steps):
        loss = loss_func(model(features), y)
        losses.append(loss.item())
        opt.zero_grad()
        loss.backward()
        opt.step()
    ### END SOLUTION
    return losses


# %% tests="fit_with" points=3
def fitted(fit, name, w, b, features, y, lr, steps):
    """The losses and the parameters after training a linear model that starts from w and b."""
    import torch

    model = torch.nn.Sequential(torch.nn.Linear(w.shape[1], 1), torch.nn.Flatten(0, 1))
    for p, start in zip(model.parameters(), (w, b), strict=True):
        p.data = start.clone()
    losses = fit(getattr(torch.optim, name), model, features, y, lr, steps)
    return [float(loss) for loss in losses], [p.detach().clone() for p in model.parameters()]


def moved(make_sgd, gradients, lr):
    """How far the parameters of a net with large weights are from their start, after a step with each gradient."""
    import torch

    model = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.Sequential(torch.nn.Linear(2, 2)))
    model.scale = torch.nn.Parameter(torch.ones(1))
    for p in model.parameters():
        p.data.mul_(100)
    before = [p.detach().clone() for p in model.parameters()]
    opt, moves = make_sgd(model, lr), []
    for row in gradients:
        for p, g in zip(model.parameters(), row, strict=True):
            p.grad = g.clone()
        opt.step()
        moves.append([(old - p).detach() for old, p in zip(before, model.parameters(), strict=True)])
    return moves


def as_returned(fit, features, y, lr):
    """The losses as they come back, from a linear model."""
    import torch

    model = torch.nn.Sequential(torch.nn.Linear(3, 1), torch.nn.Flatten(0, 1))
    return fit(torch.optim.RMSprop, model, features, y, lr, 2)


def examples(rng):
    def losses(features, y, lr):
        return checks.on_student_side(as_returned, fit_with, features, y, lr)

    yield checks.example(losses, {"features": rng.tensor(4, 3), "y": rng.tensor(4), "lr": 0.01})


with checks.check("one step of SGD on two points", hint="clear, backward, step"):
    x, y = torch.tensor([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]), torch.tensor([1.0, 2.0])
    losses, (w, b) = checks.on_student_side(fitted, fit_with, "SGD", torch.zeros(1, 3), torch.zeros(1), x, y, 0.25, 1)
    checks.close(losses, [5.0])
    checks.close(w, [[0.5, 1.0, 0.0]])


### BEGIN HIDDEN TESTS
def with_torch(name, w, b, x, y, lr, steps):
    """Losses and parameters with that optimiser of torch and the gradient from its formula."""
    w, b, losses = w.clone().requires_grad_(), b.clone().requires_grad_(), []
    opt = getattr(torch.optim, name)([w, b], lr=lr)
    for _ in range(steps):
        error = ((x * w).sum(1) + b - y).detach()
        losses.append((error * error).sum().item())
        w.grad, b.grad = (2 * error @ x)[None], 2 * error.sum()[None]
        opt.step()
    return losses, w.detach(), b.detach()


rng = checks.rng()
x, y, w, b, several = rng.tensor(6, 3), rng.tensor(6), rng.tensor(1, 3), rng.tensor(1), rng.integer(4, 6)
with checks.check("any optimiser, several steps", hint="one optimiser for all the steps; clear before backward"):
    slow = rng.uniform(0.005, 0.015)
    for name, lr, steps in (
        ("RMSprop", slow, several), ("SGD", 0.02, several), ("Adam", 0.1, several), ("Adagrad", 0.5, several),
        ("SGD", 0.5, 5), ("SGD", 0.002, 40),
    ):  # fmt: skip
        right_losses, right_w, right_b = with_torch(name, w, b, x, y, lr, steps)
        losses, (got_w, got_b) = checks.on_student_side(fitted, fit_with, name, w, b, x, y, lr, steps)
        checks.close(losses, right_losses, rtol=1e-3, what=name)
        checks.close(got_w, right_w, rtol=1e-3, atol=1e-4, what=name)
        checks.close(got_b, right_b, rtol=1e-3, atol=1e-4, what=name)
with checks.check("make_sgd steps by lr times the gradient", hint="all parameters, with the rate that was asked for"):
    for lr in (rng.uniform(0.1, 0.3), 1.5):
        shapes = (1,), (2, 2), (2,), (2, 2), (2,)
        gradients = [[3 * size * rng.tensor(*shape) for shape in shapes] for size in (1, 1, 0, 1)]
        moves, way = checks.on_student_side(moved, make_sgd, gradients, lr), [0.0] * 5
        for row, g in zip(moves, gradients, strict=True):
            way = [so_far + lr * one for so_far, one in zip(way, g, strict=True)]
            for move, right in zip(row, way, strict=True):
                checks.close(move, right, rtol=1e-3, atol=2e-4)
### END HIDDEN TESTS

# %% [markdown]
# Let a cubic follow one wave of the sine, by hand. Which learning rate? $x^3$ reaches 31 and the errors of 400 points are
# added up, so it will be small. PyTorch's own tutorial takes one millionth. But you need not guess: this loss is a bowl,
# $H = 2X^\top X$, and you have a function for its limit. **Predict:** how much does a rate ten times as large gain?

# %%
x = torch.linspace(-math.pi, math.pi, 400)
columns = torch.cat([powers_of(x), torch.ones(400, 1)], dim=1).double()
print(f"speed limit {speed_limit(2 * columns.T @ columns):.3g}, best rate {best_rate(2 * columns.T @ columns):.3g}")
by_rmsprop = lambda *a: fit_with(torch.optim.RMSprop, *a)
plt.figure(figsize=(6, 3))
plt.plot(x, x.sin(), color="black", label="sine")
for label, fit, rate in (("by hand", fit_by_hand, 1e-6), ("by hand", fit_by_hand, 1e-5), ("RMSprop", by_rmsprop, 1e-3)):
    torch.manual_seed(0)
    model = cubic_model()
    losses = fit(model, powers_of(x), x.sin(), rate, device.budget(2000))
    plt.plot(x, model(powers_of(x)).detach(), label=f"{label}, lr {rate:g}: loss {losses[0]:.0f} to {losses[-1]:.2f}")
plt.legend(fontsize=8)
plt.tight_layout()

# %% [markdown]
# The same model, the same data, the same number of steps. With a millionth, plain descent looks hopeless beside RMSprop.
# With a rate near its limit it is the better of the two, and has reached the best cubic there is (1.79). So never compare
# two methods before each has a sensible learning rate. A cubic turns twice, and so does this piece of the sine, but at
# its ends the cubic is too steep. When a pace of its own for each parameter really pays is the subject of section 7.
#
# *Further reading:* the PyTorch tutorial "Learning PyTorch with Examples" (this cubic); *Dive into Deep Learning*, chapter 3.

# %% [markdown]
# ## 4 · Three parts that fit together
#
# As programs grow, people sort them into three parts: a **module** that knows the model, the loss and the optimiser; a
# **data module** that hands out batches; and a **trainer** that owns the loop and does not care what is being trained.
# Whole libraries (PyTorch Lightning, fastai) are built on this division. You will build a small one.
#
# ### Exercise: save the hyperparameters
# difficulty 3/5 · 8 minutes · cards: save-hyperparameters, frame-locals
#
# Every class begins with `self.lr = lr; self.width = width; ...`, and everybody is tired of typing that. When a
# function calls another one, Python keeps a **frame** for each, and `frame.f_back` is the frame of the caller. Its
# `f_locals` is a dictionary of the caller's local variables. At the beginning of `__init__`, where the method will be
# called, these are its arguments. So a method can look up who called it, and store the caller's arguments by itself. Fill the blanks, so that everything is stored except `self`, the names in `ignore`, and
# names that begin with an underscore.
#
# hint: `setattr(thing, "lr", 0.1)` does the same as `thing.lr = 0.1`, for a name that is only known while running.


# %% solution="Settings" promises="leaves-inputs"
class Settings:
    """For classes that want to remember what they were made with."""

    def save_hyperparameters(self, ignore=()) -> None:
        """Makes the arguments of the calling __init__ attributes, and keeps them in self.hparams."""
        arguments = inspect.currentframe().f_back.f_locals  # ? f_back | f_locals
        kept = {name for name in arguments if not name.startswith("_")}  # ? startswith("_")
        kept -= {"self", *ignore}  # ? "self" | *ignore
        self.hparams = {name: arguments[name] for name in kept}  # ? arguments[name]
        for name, value in self.hparams.items():
            setattr(self, name, value)  # ? setattr | name, value


# %% tests="Settings" points=3
def remembered(settings, width, lr, falsy, ignore):
    """What an object stores: its hparams, two attributes, and which of the names it has as attributes."""

    class Model(settings):
        left_out = ignore

        def __init__(self, width, lr, weight_decay, bias, title="", rows=None, _secret=0, *, itself=True, clip=None):
            super().__init__()
            self.save_hyperparameters(ignore=self.left_out)

    model = Model(width, lr, falsy, False, rows=[1, 2])
    Model(
        0, 0.0, 1.0, True, title="another one", rows=[3], itself=False, clip=1.0
    )  # each remembers what it was made with
    names = ("width", "lr", "weight_decay", "bias", "title", "rows", "itself", "clip", "_secret", "self", "ignore")
    stored = {name: vars(model)[name] for name in names if name in vars(model)}
    return dict(model.hparams), stored, getattr(model, "width", None), getattr(model, "lr", None)


def examples(rng):
    def stored(width, ignore):
        return checks.on_student_side(remembered, Settings, width, 0.5, 0, ignore)[2]

    yield checks.example(stored, {"width": rng.integer(5, 99), "ignore": ["rows"]})


with checks.check("arguments become attributes", hint="whose local variables do you look at?"):
    hparams, stored, width, lr = checks.on_student_side(remembered, Settings, 8, 0.5, 0, ())
    checks.equal((width, lr), (8, 0.5))
### BEGIN HIDDEN TESTS
rng = checks.rng()
width, lr = rng.integer(5, 99), rng.uniform(0.1, 1)
every = {"width": width, "lr": lr, "weight_decay": 0.0, "bias": False, "title": "", "rows": [1, 2], "itself": True}
every["clip"] = None
with checks.check("hparams holds names and values, without self and underscores", hint="three kinds of names stay out"):
    hparams, stored, _, _ = checks.on_student_side(remembered, Settings, width, lr, 0.0, ())
    checks.equal(hparams, every)
    checks.equal(stored, every)
with checks.check("what is ignored is not stored", hint="ignore is a list of names"):
    for ignore in (["rows", "width", "itself"], ("title",), ["lr_bias_title"]):  # the last one is nobody's name
        hparams, stored, _, _ = checks.on_student_side(remembered, Settings, width, lr, 0.0, ignore)
        right = {name: value for name, value in every.items() if name not in ignore}
        checks.equal(hparams, right)
        checks.equal(stored, right)
### END HIDDEN TESTS

# %% [markdown]
# Now the data. A **Dataset** answers two questions: how many rows are there (`len(dataset)`), and which is row number
# i (`dataset[i]`)? A **DataLoader** turns that into shuffled batches. How many rows go into one step gives the method
# its name:
#
# | rows in a step | name | steps in an epoch of n rows |
# |---|---|---|
# | all n | (full-batch) gradient descent | 1 |
# | one | stochastic gradient descent, in the strict sense | n |
# | some dozens or hundreds, B | mini-batch gradient descent, "SGD" to nearly everybody | n / B, rounded up |
#
# ### Exercise: rows, batches, one pass
# difficulty 2/5 · 10 minutes · cards: import-data, own-dataset, bce-loss, one-pass, three-batch-sizes
#
# `Rows` is a data set of your own; its labels are floats, as tensors or plain numbers. `one_pass` uses the ready-made `TensorDataset` and goes once through all the rows,
# in shuffled batches of `size`, with one step of SGD after each. The model ends in a sigmoid, $1/(1+e^{-z})$, so its
# results lie between 0 and 1 and can be read as probabilities, one for each row, of shape (n,). Their loss is the *binary cross-entropy*: $-\ln p$ for a label of 1 and $-\ln(1-p)$ for a label of 0,
# on average. `F.binary_cross_entropy` is the function, `nn.BCELoss` its module. It takes float labels only.


# %% solution="one_pass" promises="leaves-inputs, random"
class Rows(Dataset):
    """Row number i is the pair of features x[i] and label y[i], the label as a float."""

    def __init__(self, x: torch.Tensor, y: torch.Tensor):
        self.x, self.y = x, y.float()

    def __len__(self) -> int:
        return len(self.x)  # ? len(self.x)

    def __getitem__(self, i: int):
        return self.x[i], self.y[i]  # ? self.x[i], self.y[i]


def one_pass(model, x, y, lr: float, size: int) -> list[float]:
    """One epoch of mini-batch SGD on the binary cross-entropy, in place; returns the loss of each batch."""
    from torch.utils.data import DataLoader, TensorDataset

    dataset = TensorDataset(x, y.float())  # ? y.float()
    loader = DataLoader(dataset, batch_size=size, shuffle=True)  # ? batch_size=size, shuffle=True
    loss_func = nn.BCELoss()
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for xb, yb in loader:
        loss = loss_func(model(xb), yb)  # ? model(xb), yb
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% tests="one_pass" points=3
def rows_of(rows, x, y):
    """Length and items of the data set, and the sizes of the batches that a loader makes of it."""
    from torch.utils.data import DataLoader

    dataset = rows(x, y)
    return len(dataset), [dataset[i] for i in range(len(x))], [len(xb) for xb, yb in DataLoader(dataset, batch_size=4)]


def passes(one_pass, w, x, y, lr, size, times=3):
    """For each pass: the batches that the model met, the losses, and the weight after the pass."""
    import torch

    seen = []
    layer = torch.nn.Linear(len(w), 1, bias=False)
    layer.weight.data = w[None].clone()
    layer.register_forward_hook(lambda module, args, out: seen.append(args[0].detach().clone()))
    model = torch.nn.Sequential(layer, torch.nn.Flatten(0, 1), torch.nn.Sigmoid())
    found = []
    for _ in range(times):
        losses = [float(loss) for loss in one_pass(model, x, y, lr, size)]
        found.append((list(seen), losses, layer.weight.detach()[0].clone()))
        seen.clear()
    return found


def examples(rng):
    def order(x, y):
        ((batches, _, _),) = checks.on_student_side(passes, one_pass, torch.zeros(1), x, y, 0.1, 2, 1)
        return torch.cat(batches)[:, 0]

    yield checks.example(order, {"x": rng.permutation(7).float()[:, None], "y": rng.integers(7, low=0, high=1)})


with checks.check("a data set of three rows", points=0.5, hint="how many rows, and which is row number i?"):
    length, items, _ = checks.on_student_side(
        rows_of, Rows, torch.tensor([[1.0], [2.0], [5.0]]), torch.tensor([1, 0, 1])
    )
    checks.equal(length, 3)
    checks.close([float(x) for x, y in items], [1.0, 2.0, 5.0])
    checks.close([float(y) for x, y in items], [1.0, 0.0, 1.0])
with checks.check("one batch that has no idea loses ln 2", points=0.5, hint="minus the logarithm of one half"):
    x, y = torch.tensor([[1.0, 0.0], [0.0, 1.0]]), torch.tensor([1, 0])
    found = checks.on_student_side(passes, one_pass, torch.zeros(2), x, y, 1.0, 2)
    checks.close(found[0][1], [math.log(2)])
    checks.close(found[0][2], [0.25, -0.25])


### BEGIN HIDDEN TESTS
def replayed(w, batches, label, lr):
    """Losses and weight after these batches, from the formula of the gradient."""
    losses = []
    for xb in batches:
        yb = torch.tensor([float(label[tuple(row)]) for row in xb.tolist()])
        p = 1 / (1 + torch.exp(-xb @ w))
        losses.append(-(yb * p.log() + (1 - yb) * (1 - p).log()).mean())
        w = w - lr * (p - yb) @ xb / len(xb)
    return losses, w


rng = checks.rng()
size, lr = rng.integer(5, 6), rng.uniform(0.1, 0.5)
n = size * rng.integer(8, 10) + 2  # the last batch is never full
x, y, w = rng.tensor(n, 3), rng.integers(n, low=0, high=1), rng.tensor(3)
more_y = rng.integers(201, low=0, high=1)
more_x = rng.tensor(201, 3) * torch.tensor([1.0, 1.0, 0.0])  # no row has the last feature: its weight stays as it is
others = [(more_x, more_y, 50), (more_x[:4], more_y[:4], 3), (more_x[:3], more_y[:3], 8), (more_x[:5], more_y[:5], 1)]
label = {tuple(row): int(one) for row, one in zip([*x.tolist(), *more_x.tolist()], [*y, *more_y], strict=True)}
number = {tuple(row): i for i, row in enumerate(x.tolist())}
with checks.check(
    "a loader can batch your data set", points=0.5, hint="features and label of the same row, the label a float"
):
    length, items, sizes = checks.on_student_side(rows_of, Rows, x, y)
    checks.equal(sizes, [4] * (n // 4) + ([n % 4] if n % 4 else []))
    checks.close(torch.stack([one for one, _ in items]), x)
    labels = torch.stack([torch.as_tensor(one) for _, one in items])
    checks.close(labels, y.float())
    soft = checks.on_student_side(rows_of, Rows, x[:2], torch.tensor([0.3, 1.0]))[1]
    checks.close([float(one) for _, one in soft], [0.3, 1.0])
    checks.true(labels.is_floating_point(), "the labels are whole numbers: the binary cross-entropy takes floats only")
with checks.check(
    "every row once, in another order each pass", points=0.5, hint="batches of the size asked for, all rows shuffled"
):
    orders = []
    for batches, _, _ in checks.on_student_side(passes, one_pass, w, x, y, lr, size):
        checks.equal([len(xb) for xb in batches], [size] * (n // size) + ([n % size] if n % size else []))
        order = [number.get(tuple(row), -1) for row in torch.cat(batches).tolist()]
        checks.equal(sorted(order), list(range(n)))
        # Of a fair order about two neighbours stay neighbours, and some six rows stay in their batch.
        beside = sum(abs(a - b) in (1, n - 1) for a, b in itertools.pairwise(order))
        checks.true(beside < n / 3, "most rows still stand beside the row that they stood beside")
        at_home = sum(place // size == row // size for place, row in enumerate(order))
        checks.true(at_home < 2 * n / 3, "most rows are in the batch that they would be in without shuffling")
        orders.append(order)
    checks.true(orders[0] != orders[1] and orders[1] != orders[2], "two passes came in the same order")
    drift = [torch.corrcoef(torch.tensor([order, range(n)]).double())[0, 1] for order in orders]
    # In a fair order the mean of the three has a standard deviation below 0.1.
    checks.between(torch.stack(drift).mean(), -0.55, 0.55, what="how much the place of a row says of where it stood")
    for rows, labels, many in others:
        ((batches, _, _),) = checks.on_student_side(passes, one_pass, w, rows, labels, lr, many, 1)
        sizes = [len(part) for part in rows.split(many)]
        checks.equal([len(xb) for xb in batches], sizes, what=f"{len(rows)} rows in batches of {many}")
        checks.equal(sorted(torch.cat(batches).tolist()), sorted(rows.tolist()), what="the rows of a pass")
with checks.check("a step after each batch", hint="clear, backward, step; each row keeps its label"):
    start = w
    for batches, losses, end in checks.on_student_side(passes, one_pass, w, x, y, lr, size):
        right_losses, right_end = replayed(start, batches, label, lr)
        checks.close(losses, right_losses, rtol=1e-3)
        checks.close(end, right_end, rtol=1e-3, atol=1e-4)
        start = end
    for rows, labels, many in others:
        ((batches, losses, end),) = checks.on_student_side(passes, one_pass, w, rows, labels, lr, many, 1)
        right_losses, right_end = replayed(w, batches, label, lr)
        checks.close(losses, right_losses, rtol=1e-3, what=f"{len(rows)} rows in batches of {many}")
        checks.close(end, right_end, rtol=1e-3, atol=1e-4)
        checks.close(end[2], w[2], rtol=1e-6, what="the weight of a feature that is always 0")
### END HIDDEN TESTS

# %% [markdown]
# **Look** at the binary cross-entropy from both sides. As a function of the prediction it is a steep curve: being sure
# and wrong can cost any amount. As a function of the label, with the prediction held fixed, it is a straight line.
# **Predict** which way that line tilts when the prediction is 0.8.

# %%
inner = torch.linspace(0.01, 0.99, 99)
figure, (left, right) = plt.subplots(1, 2, figsize=(8, 2.8), sharey=True)
for label in (1.0, 0.0):
    loss = F.binary_cross_entropy(inner, torch.full((99,), label), reduction="none")
    left.plot(inner, loss, label=f"label {label:.0f}")
for p in (0.2, 0.5, 0.8):
    loss = F.binary_cross_entropy(torch.full((99,), p), inner, reduction="none")
    right.plot(inner, loss, label=f"prediction {p}")
left.set(xlabel="prediction", ylabel="loss")
right.set_xlabel("label")
left.legend()
right.legend()
figure.tight_layout()

# %% [markdown]
# **Now you can** fit with any optimiser of PyTorch, spare yourself a dozen lines of `self.lr = lr`, and write a data
# set and the pass through it that gives SGD its name.
