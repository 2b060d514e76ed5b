# %% [markdown]
# ## 3 · Three parts that fit together
#
# As programs grow, people sort them into three parts: a **module** that knows the model, the loss and the optimiser; a
# **data module** that hands out batches; and a **trainer** that owns the loop and does not care what is being trained.
# Whole libraries (PyTorch Lightning, fastai) are built on this division. You will build a small one.
#
# **In this part you will** let objects remember their settings, hand out rows in shuffled batches, and write a trainer
# that the rest of the course could use.
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

# %% setup
from torch.utils.data import DataLoader, TensorDataset  # for all that follows


class ProgressBoard:
    """Keeps a curve for each name, and draws them on one sheet."""

    def __init__(self):
        self.curves: dict[str, list[float]] = {}

    def add(self, name: str, value: float) -> None:
        """One more point on the curve of that name."""
        self.curves.setdefault(name, []).append(value)

    def draw(self, **options) -> None:
        """All curves, one point an epoch."""
        plt.figure(figsize=(6, 2.8))
        for name, values in self.curves.items():
            plt.plot(range(1, len(values) + 1), values, marker=".", label=name)
        plt.gca().set(xlabel="epoch", **options)
        plt.legend()
        plt.tight_layout()


# %% [markdown]
# The cell above gives you a **progress board**: `board.add("training loss", 0.3)` puts one more point on the curve of
# that name, and `board.draw()` draws all the curves.
#
# ### Exercise: a trainer
# difficulty 4/5 · 15 minutes · cards: trainer-parts, clip-between, train-eval-modes
#
# Write `fit`. It may ask the model for
#
# - `model.configure_optimizers()`: an optimiser, made *once*;
# - `model.training_step(batch)` and `model.validation_step(batch)`: the mean loss of one batch, as a tensor;
# - `model.train()` and `model.eval()`, which switch modes,
#
# and the data for `data.train_dataloader()` and `data.val_dataloader()`, whose batches are tuples of tensors. In every
# epoch: train in training mode, one step a batch, with the gradient of this batch alone. `clip` is `None` or a positive number. If it is a number, limit the
# norm of all gradients together by `nn.utils.clip_grad_norm_(model.parameters(), self.clip)`, at the right moment. Then
# validate in evaluation mode, without recording gradients; what is trained next must be recorded again. At the end of each epoch add the mean over the *batches* of
# both losses to the board, as plain numbers named `"training loss"` and `"validation loss"`.
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
def training(trainer, x, y, w, lr, epochs, clip, momentum, models=1):
    """Weights, curves, what each call met (kind, training mode, gradients recorded or not), and what was added.

    Where there are several models, one trainer trains them one after the other, and the weights are those of the last.
    """
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    calls, made = [], []

    class Model(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.first, self.second = (torch.nn.Parameter(part.clone()) for part in w.chunk(2))

        def loss(self, batch):
            k = len(self.first)
            return ((batch[0][:, :k] @ self.first + batch[0][:, k:] @ self.second - batch[1]) ** 2).mean()

        def training_step(self, batch):
            calls.append(("train", self.training, torch.is_grad_enabled()))
            return self.loss(batch)

        def validation_step(self, batch):
            calls.append(("valid", self.training, torch.is_grad_enabled()))
            return self.loss(batch)

        def configure_optimizers(self):
            made.append(1)
            return torch.optim.SGD(self.parameters(), lr=lr, momentum=momentum)

    class Data:
        def train_dataloader(self):
            return DataLoader(TensorDataset(x[:6], y[:6], y[:6] + 1), 4)  # batches of three tensors

        def val_dataloader(self):
            return DataLoader(TensorDataset(x[6:], y[6:], y[6:] + 1), 3)

    class Board:
        def __init__(self):
            self.curves, self.added = {}, []

        def add(self, name, value):
            self.added.append(value)
            self.curves.setdefault(name, []).append(float(value))

        def draw(self, **options):
            pass

    board = Board()
    made_trainer = trainer(epochs, board) if clip is None else trainer(epochs, board, clip)
    for _ in range(models):
        model = Model()
        made_trainer.fit(model, Data())
        if not torch.is_grad_enabled():
            raise RuntimeError("after fit no gradient is recorded any more: what is trained next learns nothing")
    weights = torch.cat([model.first, model.second]).detach().clone()
    return weights, board.curves, calls, len(made), board.added


def examples(rng):
    def added(x, y):
        return checks.on_student_side(training, Trainer, x, y, torch.ones(2), 0.1, 2, None, 0.0)[4]

    yield checks.example(added, {"x": rng.tensor(11, 2), "y": rng.tensor(11)})


x, y = torch.tensor([[1.0, 0.0]]).repeat(11, 1), torch.zeros(11)
with checks.check("one epoch of two steps moves the weight to 0.64", hint="clear, backward, step for each batch"):
    got = checks.on_student_side(training, Trainer, x, y, torch.ones(2), 0.1, 1, None, 0.0)
    checks.close(got[0], [0.64, 1.0])
with checks.check(
    "a point on both curves in each epoch", hint="two names; of each epoch the mean over all its batches"
):
    got = checks.on_student_side(training, Trainer, x, y, torch.ones(2), 0.1, 2, None, 0.0)[1]
    checks.close(got["training loss"], [(1 + 0.8**2) / 2, (0.64**2 + 0.512**2) / 2], rtol=1e-4)
    checks.close(got["validation loss"], [0.64**2, 0.64**4], rtol=1e-4)


### BEGIN HIDDEN TESTS
def by_formula(x, y, w, lr, epochs, clip, momentum):
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
    right_w, right_curves = by_formula(x, y, w, lr, 3, None, 0.8)
    got_w, curves, _, made, _ = checks.on_student_side(training, Trainer, x, y, w, lr, 3, None, 0.8)
    checks.close(got_w, right_w, rtol=1e-3, atol=1e-3)
    checks.close(curves["training loss"], right_curves["training loss"], rtol=2e-3, what="training loss")
    checks.close(curves["validation loss"], right_curves["validation loss"], rtol=2e-3, what="validation loss")
    checks.equal(made, 1, what="how often an optimiser was made")
    for epochs, models, rate in ((7, 1, 0.01), (5, 1, 0.4), (2, 2, lr)):  # the second one runs away
        right_w, right_curves = by_formula(x, y, w, rate, epochs, None, 0.8)
        got_w, curves, *_ = checks.on_student_side(training, Trainer, x, y, w, rate, epochs, None, 0.8, models)
        checks.close(got_w, right_w, rtol=2e-3, atol=1e-3, what=f"the weights of model {models}")
        for name, right in right_curves.items():
            checks.close(curves[name], right * models, rtol=5e-3, what=f"{name} of {models} models")
with checks.check(
    "clips the gradients that the step uses", points=2, hint="when does a gradient exist, when is it used?"
):
    for clip in (0.05, 0.5, 1000.0):
        got_w = checks.on_student_side(training, Trainer, x, y, w, lr, 3, clip, 0.0)[0]
        checks.close(got_w, by_formula(x, y, w, lr, 3, clip, 0.0)[0], rtol=1e-3, atol=1e-4, what=f"clip {clip}")
with checks.check(
    "right modes, and no gradients in validation", points=2, hint="train(), eval() and no_grad() in every epoch"
):
    calls = checks.on_student_side(training, Trainer, x, y, w, lr, 3, None, 0.0)[2]
    training_calls = [tuple(call) for call in calls if call[0] == "train"]
    checks.equal(training_calls, [("train", True, True)] * 6, what="training steps: mode, gradients recorded")
    validation = [tuple(call) for call in calls if call[0] == "valid"]
    checks.true(len(validation) >= 6, "the validation batches were not all looked at in every epoch")
    checks.equal(set(validation), {("valid", False, False)}, what="validation steps: mode, gradients recorded")
### END HIDDEN TESTS

# %% [markdown]
# Put the parts together. The module below is a straight line for the flats, the data module splits them into 160 for
# training and 40 for validation. Nothing in the trainer knows about rents. **Predict:** noise of standard deviation
# 1.5 was put into the rents. At about which loss will both curves end?


# %%
class LinearRegression(nn.Module, Settings):
    def __init__(self, features: int, lr: float):
        super().__init__()
        self.save_hyperparameters()
        self.layer = nn.Linear(features, 1)

    def training_step(self, batch):
        x, y = batch
        return F.mse_loss(self.layer(x)[:, 0], y)

    def validation_step(self, batch):
        return self.training_step(batch)

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), self.lr)


class Flats(Settings):
    def __init__(self, size: int):
        self.save_hyperparameters()

    def train_dataloader(self):
        return DataLoader(TensorDataset(flats[:160], rents[:160]), self.size, shuffle=True)

    def val_dataloader(self):
        return DataLoader(TensorDataset(flats[160:], rents[160:]), 40)


# %%
torch.manual_seed(1)
board = ProgressBoard()
line = LinearRegression(2, lr=0.03)
Trainer(10, board).fit(line, Flats(16))
board.draw(ylabel="mean squared error", yscale="log")
print(line.hparams, "found:", [round(w, 2) for w in line.layer.weight[0].tolist()], round(line.layer.bias.item(), 2))

# %% [markdown]
# Near $1.5^2 = 2.25$, the variance of the noise. That is the lowest loss which a line can *expect* on new flats. On 160
# or 40 given ones the noise happens to be a little larger or smaller, and a line fitted to them can come lower, so
# curves below 2.25 are no miracle. The walk has come as near as the formula did, and it will keep jittering there,
# because every batch has a slightly different bottom. More about that jitter in section 6.
#
# **Now you can** write a data set and a training loop that know nothing of each other, and validate without leaving
# traces in the training.
#
# *Further reading:* PyTorch's documentation of `torch.utils.data`; *Dive into Deep Learning*, section 3.2 (object-oriented
# design for implementation), from which the three parts come.
