# %% [markdown]
# ## 3 · Steps from the shelf
#
# **In this part you will** leave the steps to an optimiser, hand out shuffled batches, and write a reusable trainer.
#
# ### Exercise: let an optimiser do it
# difficulty 2/5 · 7 minutes · cards: optimiser-two-lines, make-sgd, import-optim
#
# An optimiser is told *once* which parameters it looks after; `zero_grad()` clears their gradients and `step()` moves
# them. Rewrite the loop with one. `make` is a class such as `torch.optim.RMSprop`; `make_sgd` always makes SGD.


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
def fitted(fit, name, start, *given):
    """The losses, and three weights and the bias after training a linear model that starts from these."""
    import torch
    from torch import nn

    model = nn.Sequential(nn.Linear(3, 1), nn.Flatten(0, 1))
    nn.utils.vector_to_parameters(start.clone(), model.parameters())
    return fit(getattr(torch.optim, name), model, *given), nn.utils.parameters_to_vector(model.parameters()).detach()


def moved(make_sgd, gradients, lr):
    """How far all parameters of a net are from their start, which is far from 0, after a step with each gradient."""
    import torch
    from torch import nn

    net = nn.Sequential(nn.Linear(2, 2), nn.Sequential(nn.Linear(2, 2)), nn.PReLU())
    before, moves = 100 * nn.utils.parameters_to_vector(net.parameters()).detach(), []
    nn.utils.vector_to_parameters(before.clone(), net.parameters())
    opt = make_sgd(net, lr)
    for row in gradients:
        net.zero_grad()
        (nn.utils.parameters_to_vector(net.parameters()) @ row).backward()
        opt.step()
        moves.append(before - nn.utils.parameters_to_vector(net.parameters()).detach())
    return torch.stack(moves)


def examples(rng):
    start = rng.tensor(4)
    losses = lambda x, y, lr: checks.on_student_side(fitted, fit_with, "RMSprop", start, x, y, lr, 2)[0]
    yield checks.example(losses, {"features": rng.tensor(4, 3), "y": rng.tensor(4), "lr": 0.01})


with checks.check("one step of SGD on two points", hint="clear, backward, step"):
    x, y = torch.tensor([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]), torch.tensor([1.0, 2.0])
    losses, params = checks.on_student_side(fitted, fit_with, "SGD", torch.zeros(4), x, y, 0.25, 1)
    checks.close(losses, [5.0])
    checks.close(params, [0.5, 1.0, 0.0, 1.5], what="three weights and the bias")


### BEGIN HIDDEN TESTS
def with_torch(name, start, x, y, lr, steps):
    """Losses and parameters with that optimiser of torch and the gradient from its formula."""
    p, losses, table = start.clone().requires_grad_(), [], torch.cat([x, torch.ones(len(x), 1)], 1)
    opt = getattr(torch.optim, name)([p], lr=lr)
    for _ in range(steps):
        error = table @ p.detach() - y
        losses.append(error.square().sum().item())
        p.grad = 2 * error @ table
        opt.step()
    return losses, p.detach()


rng = checks.rng()
x, y, start, several = rng.tensor(6, 3), rng.tensor(6), rng.tensor(4), rng.integer(4, 6)
with checks.check("any optimiser, several steps", hint="one optimiser for all the steps; clear before backward"):
    runs = [("RMSprop", rng.uniform(0.005, 0.015)), ("SGD", 0.02), ("Adam", 0.1), ("Adagrad", 0.5)]
    for name, lr, steps in (*((*run, several) for run in runs), ("SGD", 0.5, 5), ("SGD", 0.002, 40)):
        losses, params = checks.on_student_side(fitted, fit_with, name, start, x, y, lr, steps)
        right_losses, right = with_torch(name, start, x, y, lr, steps)
        checks.close(losses, right_losses, rtol=1e-3, what=name)
        checks.close(params, right, rtol=1e-3, atol=1e-4, what=name)
with checks.check("make_sgd steps by lr times the gradient", hint="all parameters, with the rate that was asked for"):
    for lr in (rng.uniform(0.1, 0.3), 1.5):
        gradients = 3 * rng.tensor(4, 13) * (torch.arange(4) != 2)[:, None]  # the third one is 0
        moves = checks.on_student_side(moved, make_sgd, gradients, lr)
        checks.close(moves, lr * gradients.cumsum(0), rtol=1e-3, atol=2e-4)
### END HIDDEN TESTS

# %% [markdown]
# The cubic once more. **Predict:** does RMSprop, at a rate that nobody searched for, come nearer than both your walks?

# %%
torch.manual_seed(0)
losses = fit_with(torch.optim.RMSprop, cubic_model(), powers_of(x), x.sin(), 1e-3, device.budget(2000))
print(f"RMSprop: loss {losses[0]:.0f} to {losses[-1]:.2f}")

# %% [markdown]
# So never compare two methods before each has a sensible learning rate.
#
# ## 4 · Three parts that fit together
#
# As programs grow, people sort them into three parts: a **module** knows model, loss and optimiser; a **data module**
# hands out batches; a **trainer** owns the loop, whatever is trained. PyTorch Lightning and fastai are built on this.
#
# ### Exercise: save the hyperparameters
# difficulty 3/5 · 8 minutes · cards: save-hyperparameters, frame-locals
#
# Nobody likes to begin every class with `self.lr = lr; self.width = width; ...`. When a function calls another, Python
# keeps a **frame** for each. `frame.f_back` is the caller's, and its `f_locals` is a dictionary of the caller's local
# variables. At the beginning of `__init__`, where you will call the method, these are its arguments. Fill the blanks,
# so that everything is stored except `self`, the names in `ignore`, and names that begin with an underscore.
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
    """What an object stores: its hparams, and those of the names that it has as attributes."""

    class Model(settings):
        def __init__(self, width, lr, weight_decay, bias, title="", rows=None, _secret=0, *, itself=True, clip=None):
            super().__init__()
            self.save_hyperparameters(ignore=type(self).left_out)

    Model.left_out = ignore
    model = Model(width, lr, falsy, False, rows=[1, 2])
    Model(0, 0.0, 1.0, True, title="another", rows=[3], itself=False, clip=1.0)  # each remembers its own
    names = ("width", "lr", "weight_decay", "bias", "title", "rows", "itself", "clip", "_secret", "self", "ignore")
    return dict(model.hparams), {name: vars(model)[name] for name in names if name in vars(model)}


def examples(rng):
    stored = lambda width, ignore: checks.on_student_side(remembered, Settings, width, 0.5, 0, ignore)[1]
    yield checks.example(stored, {"width": rng.integer(5, 99), "ignore": ["rows"]})


with checks.check("arguments become attributes", hint="whose local variables do you look at?"):
    _, stored = checks.on_student_side(remembered, Settings, 8, 0.5, 0, ())
    checks.equal((stored.get("width"), stored.get("lr")), (8, 0.5))
### BEGIN HIDDEN TESTS
rng = checks.rng()
every = {"width": rng.integer(5, 99), "lr": rng.uniform(0.1, 1), "weight_decay": 0.0, "bias": False}
every.update(title="", rows=[1, 2], itself=True, clip=None)
with checks.check("hparams holds names and values, without self and underscores", hint="three kinds of names stay out"):
    for got in checks.on_student_side(remembered, Settings, every["width"], every["lr"], 0.0, ()):
        checks.equal(got, every)
with checks.check("what is ignored is not stored", hint="ignore is a list of names"):
    for ignore in (["rows", "width", "itself"], ("title",), ["lr_bias_title"]):  # the last one is nobody's name
        for got in checks.on_student_side(remembered, Settings, every["width"], every["lr"], 0.0, ignore):
            checks.equal(got, {name: value for name, value in every.items() if name not in ignore})
### END HIDDEN TESTS

# %% [markdown]
# Now the data. A **Dataset** answers two questions: how many rows are there (`len(dataset)`), and which is row number
# i (`dataset[i]`)? A **DataLoader** turns that into shuffled batches. With all n rows in one step it is *(full-batch)
# gradient descent*, 1 step an epoch; with one row *stochastic gradient descent* in the strict sense, n steps; with
# some dozens or hundreds, B, *mini-batch gradient descent*, "SGD" to nearly everybody, n / B steps, rounded up.
#
# ### Exercise: rows, batches, one pass
# difficulty 2/5 · 10 minutes · cards: import-data, own-dataset, bce-loss, one-pass, three-batch-sizes
#
# `Rows` is a data set of your own; its labels are floats, as tensors or plain numbers. `one_pass` goes once through
# all rows of a `TensorDataset`, in shuffled batches of `size`, with a step of SGD after each. The model ends in a
# sigmoid, $1/(1+e^{-z})$, and gives probabilities of shape (n,). Their *binary cross-entropy*, on average $-\ln p$ for
# label 1 and $-\ln(1-p)$ for 0, is `F.binary_cross_entropy`, as a module `nn.BCELoss`. It takes float labels only.


# %% solution="one_pass" promises="leaves-inputs, random(shuffle)"
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

    seen, found, layer = [], [], torch.nn.Linear(len(w), 1, bias=False)
    layer.weight.data = w[None].clone()
    layer.register_forward_hook(lambda module, args, out: seen.append(args[0].detach().clone()))
    model = torch.nn.Sequential(layer, torch.nn.Flatten(0, 1), torch.nn.Sigmoid())
    for _ in range(times):
        losses = [float(loss) for loss in one_pass(model, x, y, lr, size)]
        found.append((list(seen), losses, layer.weight.detach()[0].clone()))
        seen.clear()
    return found


def examples(rng):
    order = lambda x, y: torch.cat(checks.on_student_side(passes, one_pass, torch.zeros(1), x, y, 0.1, 3, 1)[0][0])
    yield checks.example(order, {"x": rng.permutation(5).float()[:, None], "y": rng.integers(5, low=0, high=1)})


with checks.check("a data set of three rows", points=0.5, hint="how many rows, and which is row number i?"):
    x, y = torch.tensor([[1.0], [2.0], [5.0]]), torch.tensor([1, 0, 1])
    length, items, _ = checks.on_student_side(rows_of, Rows, x, y)
    checks.equal(length, 3)
    checks.close([[float(x), float(y)] for x, y in items], [[1.0, 1.0], [2.0, 0.0], [5.0, 1.0]])
with checks.check("one batch that has no idea loses ln 2", points=0.5, hint="minus the logarithm of one half"):
    x, y = torch.tensor([[1.0, 0.0], [0.0, 1.0]]), torch.tensor([1, 0])
    (_, losses, end), *_ = checks.on_student_side(passes, one_pass, torch.zeros(2), x, y, 1.0, 2)
    checks.close(losses, [math.log(2)])
    checks.close(end, [0.25, -0.25])


### BEGIN HIDDEN TESTS
def replayed(w, batches, lr):
    """Losses and weight after these batches, from the formula of the gradient."""
    losses = []
    for xb in batches:
        yb = torch.tensor([label[tuple(row)] for row in xb.tolist()])
        p = 1 / (1 + torch.exp(-xb @ w))
        losses.append(-(yb * p.log() + (1 - yb) * (1 - p).log()).mean())
        w = w - lr * (p - yb) @ xb / len(xb)
    return losses, w


rng = checks.rng()
size, lr, w = rng.integer(5, 6), rng.uniform(0.1, 0.5), rng.tensor(3)
n = size * rng.integer(8, 10) + 2  # the last batch is never full
x, y = rng.tensor(201 + n, 3), rng.integers(201 + n, low=0, high=1)
x = x * torch.cat([torch.ones(n, 3), torch.tensor([1.0, 1.0, 0.0]).repeat(201, 1)])
label = {tuple(row): float(one) for row, one in zip(x.tolist(), y.tolist(), strict=True)}
cases = [(x[:n], y[:n], size, 3)]  # and rows without the last feature, whose weight stays as it is
cases += [(x[n : n + rows], y[n : n + rows], many, 1) for rows, many in ((201, 50), (4, 3), (3, 8), (5, 1))]
with checks.check(
    "a loader can batch your data set", points=0.5, hint="features and label of one row; the label a float"
):
    _, items, sizes = checks.on_student_side(rows_of, Rows, x[:n], y[:n])
    checks.equal(sizes, [len(part) for part in x[:n].split(4)])
    checks.close(torch.stack([one for one, _ in items]), x[:n])
    labels = torch.stack([torch.as_tensor(one) for _, one in items])
    checks.close(labels, y[:n].float())
    checks.true(labels.is_floating_point(), "the labels are whole numbers: the binary cross-entropy takes floats only")
    soft = checks.on_student_side(rows_of, Rows, x[:2], torch.tensor([0.3, 1.0]))[1]
    checks.close([float(one) for _, one in soft], [0.3, 1.0])
with checks.check(
    "every row once, in another order each pass", points=0.5, hint="batches of that size, all rows shuffled"
):
    for rows, labels, many, times in cases:
        orders, what = [], f"{len(rows)} rows in batches of {many}"
        for batches, _, _ in checks.on_student_side(passes, one_pass, w, rows, labels, lr, many, times):
            checks.equal([len(xb) for xb in batches], [len(part) for part in rows.split(many)], what=what)
            orders.append(torch.cat(batches).tolist())
            checks.equal(sorted(orders[-1]), sorted(rows.tolist()), what=what)
        checks.true(all(a != b for a, b in itertools.pairwise(orders)), "two passes came in the same order")
with checks.check("a step after each batch", hint="clear, backward, step; each row keeps its label"):
    for rows, labels, many, times in cases:
        start = w
        for batches, losses, end in checks.on_student_side(passes, one_pass, w, rows, labels, lr, many, times):
            right_losses, right_end = replayed(start, batches, lr)
            checks.close(losses, right_losses, rtol=1e-3, what=f"{len(rows)} rows in batches of {many}")
            checks.close(end, right_end, rtol=1e-3, atol=1e-4)
            if times == 1:
                checks.close(end[2], w[2], rtol=1e-6, what="the weight of a feature that is always 0")
            start = end
### END HIDDEN TESTS

# %% [markdown]
# As a function of the prediction, the binary cross-entropy is steep: being sure and wrong can cost any amount. As a
# function of the label, with the prediction fixed, at 0.8 say, it is a straight line. **Predict** which way it tilts.

# %%
inner = torch.linspace(0.01, 0.99, 99)
figure, axes = plt.subplots(1, 2, figsize=(8, 2.8), sharey=True, layout="tight")
for axis, name, others in zip(axes, ("prediction", "label"), ((0.0, 1.0), (0.2, 0.5, 0.8)), strict=True):
    for other in others:
        p, label = (inner, torch.full((99,), other))[:: 1 if name == "prediction" else -1]
        axis.plot(inner, F.binary_cross_entropy(p, label, reduction="none"), label=f"the other one is {other}")
    axis.set(xlabel=name, ylabel="loss")
    axis.legend()

# %% [markdown]
# ## 5 · A trainer
#
# ### Exercise: a trainer
# difficulty 4/5 · 15 minutes · cards: trainer-parts, clip-between, train-eval-modes
#
# Write `fit`. It may ask the model for `configure_optimizers()`, an optimiser, made *once*; `training_step(batch)` and
# `validation_step(batch)`, the mean loss of one batch, as a tensor; `train()` and `eval()`, which switch modes. It may
# ask the data for `train_dataloader()` and `val_dataloader()`, whose batches are tuples of tensors.
#
# In every epoch: train in training mode, one step a batch, with the gradient of this batch alone. If `clip` is a
# positive number and not `None`, limit the norm of all gradients together at the right moment, by
# `nn.utils.clip_grad_norm_(model.parameters(), self.clip)`. Then validate in evaluation mode, without recording
# gradients; what is trained next must be recorded again. At the end of the epoch add the mean of each loss over the
# *batches* to the board, as a plain number: `board.add("training loss", 0.3)`, and `"validation loss"` likewise.
#
# hint: Gradients exist after `backward` and are used by `step`. Clipping belongs between the two.
#
# hint: Evaluation mode lasts until somebody switches back, and each epoch ends in it.


# %% solution="Trainer" promises="leaves-inputs, numbers"
class Trainer:
    """Owns the loop: epochs, steps, validation, and what is drawn of them."""

    def __init__(self, max_epochs: int, board, clip: float | None = None):
        self.max_epochs, self.board, self.clip = max_epochs, board, clip

    def fit(self, model, data) -> None:
        """Trains the model in place; both curves of the board grow by one point an epoch."""
        ### BEGIN SOLUTION
        opt = model.configure_optimizers()
        for _ in range(self.max_epochs):
            model.train()
            losses = []
            for batch in data.train_dataloader():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                if self.clip is not None:
                    nn.utils.clip_grad_norm_(model.parameters(), self.clip)
                opt.step()
                losses.append(loss.item())
            self.board.add("training loss", sum(losses) / len(losses))
            model.eval()
            with torch.no_grad():
                losses = [model.validation_step(batch).item() for batch in data.val_dataloader()]
            self.board.add("validation loss", sum(losses) / len(losses))
        ### END SOLUTION


# %% tests="Trainer" points=7
def training(trainer, x, y, w, lr, epochs, clip, momentum=0.0, models=1):
    """Weights, curves, what each call met (kind, training mode, gradients recorded or not), how many optimisers.

    Where there are several models, one trainer trains them one after the other, and the weights are those of the last.
    """
    from types import SimpleNamespace

    import torch
    from torch.utils.data import DataLoader, TensorDataset

    calls, made, curves = [], [], {}

    class Model(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.first, self.second = (torch.nn.Parameter(part.clone()) for part in w.chunk(2))

        def training_step(self, batch, kind="train"):
            calls.append((kind, self.training, torch.is_grad_enabled()))
            k = len(self.first)
            return ((batch[0][:, :k] @ self.first + batch[0][:, k:] @ self.second - batch[1]) ** 2).mean()

        def validation_step(self, batch):
            return self.training_step(batch, "valid")

        def configure_optimizers(self):
            made.append(1)
            return torch.optim.SGD(self.parameters(), lr=lr, momentum=momentum)

    data = SimpleNamespace(
        train_dataloader=lambda: DataLoader(TensorDataset(x[:6], y[:6], y[:6] + 1), 4),  # batches of three tensors
        val_dataloader=lambda: DataLoader(TensorDataset(x[6:], y[6:], y[6:] + 1), 3),
    )
    board = SimpleNamespace(curves=curves, draw=lambda **options: None)
    board.add = lambda name, value: curves.setdefault(name, []).append(value)
    trained = trainer(epochs, board) if clip is None else trainer(epochs, board, clip)
    for _ in range(models):
        model = Model()
        trained.fit(model, data)
        if not torch.is_grad_enabled():
            raise RuntimeError("after fit no gradient is recorded any more: what is trained next learns nothing")
    return torch.cat([model.first, model.second]).detach().clone(), curves, calls, len(made)


def examples(rng):
    curves = lambda x, y: checks.on_student_side(training, Trainer, x, y, torch.ones(2), 0.1, 2, None)[1]
    yield checks.example(curves, {"x": rng.tensor(11, 2), "y": rng.tensor(11)})


x, y = torch.tensor([[1.0, 0.0]]).repeat(11, 1), torch.zeros(11)
with checks.check("one epoch of two steps moves the weight to 0.64", hint="clear, backward, step for each batch"):
    checks.close(checks.on_student_side(training, Trainer, x, y, torch.ones(2), 0.1, 1, None)[0], [0.64, 1.0])
with checks.check(
    "a point on both curves in each epoch", hint="two names; of each epoch the mean over all its batches"
):
    curves = checks.on_student_side(training, Trainer, x, y, torch.ones(2), 0.1, 2, None)[1]
    checks.close(curves["training loss"], [(1 + 0.8**2) / 2, (0.64**2 + 0.512**2) / 2], rtol=1e-4)
    checks.close(curves["validation loss"], [0.64**2, 0.64**4], rtol=1e-4)


### BEGIN HIDDEN TESTS
def by_formula(x, y, w, lr, epochs, clip, momentum=0.0):
    """The same weights and curves, from the formula of the gradient."""
    velocity, curves = torch.zeros_like(w), {"training loss": [], "validation loss": []}
    for _ in range(epochs):
        losses = []
        for part in (slice(0, 4), slice(4, 6)):
            error = x[part] @ w - y[part]
            losses.append(float(error.square().mean()))
            slope = 2 * x[part].T @ error / len(error)
            slope = slope * min(1.0, clip / float(slope.norm())) if clip else slope
            velocity = momentum * velocity + slope
            w = w - lr * velocity
        curves["training loss"].append(sum(losses) / 2)
        losses = [float((x[part] @ w - y[part]).square().mean()) for part in (slice(6, 9), slice(9, None))]
        curves["validation loss"].append(sum(losses) / 2)
    return w, curves


rng = checks.rng()
x, y, w, lr = rng.tensor(11, 4), rng.tensor(11) + 3, rng.tensor(4), rng.uniform(0.02, 0.06)
with checks.check("several epochs with momentum", hint="one optimiser for all the epochs; clear, backward, step"):
    for epochs, models, rate in ((3, 1, lr), (7, 1, 0.01), (5, 1, 0.4), (2, 2, lr)):  # the third one runs away
        right_w, right_curves = by_formula(x, y, w, rate, epochs, None, 0.8)
        got_w, curves, _, made = checks.on_student_side(training, Trainer, x, y, w, rate, epochs, None, 0.8, models)
        checks.close(got_w, right_w, rtol=1e-3, atol=1e-3, what=f"the weights of model {models}")
        for name, right in right_curves.items():
            checks.close(curves[name], right * models, rtol=2e-3, what=f"{name} of {models} models")
        checks.equal(made, models, what="how often an optimiser was made")
with checks.check(
    "clips the gradients that the step uses", points=2, hint="when does a gradient exist, when is it used?"
):
    for clip in (0.05, 0.5, 1000.0):
        got_w = checks.on_student_side(training, Trainer, x, y, w, lr, 3, clip)[0]
        checks.close(got_w, by_formula(x, y, w, lr, 3, clip)[0], rtol=1e-3, atol=1e-4, what=f"clip {clip}")
with checks.check(
    "right modes, and no gradients in validation", points=2, hint="train(), eval(), no_grad() in each epoch"
):
    calls = [tuple(call) for call in checks.on_student_side(training, Trainer, x, y, w, lr, 3, None)[2]]
    steps, validation = ([call for call in calls if call[0] == kind] for kind in ("train", "valid"))
    checks.equal(steps, [("train", True, True)] * 6, what="training steps: mode, gradients recorded")
    checks.true(len(validation) >= 6, "the validation batches were not all looked at in every epoch")
    checks.equal(set(validation), {("valid", False, False)}, what="validation steps: mode, gradients recorded")
### END HIDDEN TESTS

# %% [markdown]
# **Now you can** fit with any optimiser, write a data set, a pass over it, and a loop that trains anything.
#
# *Further reading:* PyTorch's documentation of `torch.utils.data`; *Dive into Deep Learning*, section 3.2, for the parts.
