# %% [markdown]
# ## 5 · A trainer
#
# **In this part you will** write a trainer that the rest of the course could use, and give its steps a memory.
#
# First a **progress board**, in the next cell: `board.add("training loss", 0.3)` puts one more point on the curve of
# that name, and `board.draw()` draws all the curves.

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
# because every batch has a slightly different bottom. More about that jitter in section 10.
#
# *Further reading:* PyTorch's documentation of `torch.utils.data`; *Dive into Deep Learning*, section 3.2 (object-oriented
# design for implementation), from which the three parts come.

# %% [markdown]
# ## 6 · Steps with a memory
#
# Plain SGD forgets everything after each step. In a narrow valley that is a pity: if the steps were added up, the zigzag
# across the valley would cancel, and the slow drift along it would grow. So keep a memory for each parameter. PyTorch's
# optimisers all have the same skeleton, and here it is. You will only write `update`, once for each optimiser.


# %% setup
class Optimiser:
    """Calls `update` for every parameter that has a gradient, each with a dictionary of its own as its memory."""

    def __init__(self, params, lr: float, **options):
        self.params, self.lr = list(params), lr
        self.memories = [{} for _ in self.params]
        for name, value in options.items():  # these go before what the class says
            setattr(self, name, value)

    @torch.no_grad()
    def step(self) -> None:
        """One update of each parameter."""
        for p, memory in zip(self.params, self.memories, strict=True):
            if p.grad is not None:
                self.update(p, p.grad, memory)

    def zero_grad(self) -> None:
        """Forget the gradients."""
        for p in self.params:
            p.grad = None


class SGD(Optimiser):
    """Plain gradient descent: it keeps nothing."""

    def update(self, p, g, memory):
        """Changes p in place."""
        p -= self.lr * g


def path(make, options, starts, gradients, rates=()):
    """Where parameters are after each step, if they meet these gradients one after another (None: no gradient).

    Where rates are given, each step has its own learning rate.
    """
    params = [start.clone().requires_grad_() for start in starts]
    opt = make(params, **options)
    places = []
    for step, row in enumerate(gradients):
        for p, g in zip(params, row, strict=True):
            p.grad = None if g is None else g.clone()
        if rates:
            opt.lr = rates[step]
            for group in getattr(opt, "param_groups", []):  # where PyTorch's optimisers keep it
                group["lr"] = rates[step]
        opt.step()
        places.append([p.detach().clone() for p in params])
    return places


# %% [markdown]
# ### Exercise: momentum
# difficulty 3/5 · 10 minutes · cards: momentum, nesterov
#
# Think of a heavy ball. Its **velocity** $v$ starts at zero. In every step a share $\mu$ of the old velocity is kept,
# the gradient is added, and the ball moves by the velocity.
#
# $$v \leftarrow \mu v + g \qquad\qquad p \leftarrow p - \eta v$$
#
# **Nesterov**'s version looks one step ahead. In the form that PyTorch uses, the velocity is updated in the same way,
# but the parameter then moves by $g + \mu v$ with the *new* $v$. Note that the velocity is a *sum* in which old gradients
# fade, not an average: some books have $(1-\mu)\,g$ here. Write `update` for both. `self.lr`, `self.momentum`
# and `self.nesterov` hold the settings; the rate may change between steps. Change `p` in place, and keep the velocity
# in `memory`.
#
# hint: At the first call `memory` is an empty dictionary. `memory.get("velocity", 0)` gives 0 while the key is missing.


# %% solution="Momentum" promises="changes(p, memory)"
class Momentum(Optimiser):
    """SGD with momentum, Nesterov's if asked for."""

    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        """Changes p in place, and the velocity in its memory."""
        ### BEGIN SOLUTION
        velocity = self.momentum * memory.get("velocity", 0) + g
        memory["velocity"] = velocity
        p -= self.lr * (g + self.momentum * velocity if self.nesterov else velocity)
        ### END SOLUTION


# %% tests="Momentum" points=5
def examples(rng):
    for nesterov in (False, True):
        opt, memory = Momentum([torch.zeros(3)], 0.1, nesterov=nesterov), checks.mutable({})
        opt.update(checks.mutable(rng.tensor(3)), rng.tensor(3), memory)  # so that there is a velocity to keep
        yield checks.example(opt.update, {"p": rng.tensor(3), "g": rng.tensor(3), "memory": memory})


one = torch.ones(1)
with checks.check(
    "two gradients of 1: the second step is 1.5 times as long",
    hint="half the old velocity, plus g; and p itself has to change",
):
    got = checks.on_student_side(path, Momentum, {"lr": 0.1, "momentum": 0.5}, [torch.zeros(1)], [[one], [one]])
    checks.close(torch.stack([step[0] for step in got]), [[-0.1], [-0.25]])


### BEGIN HIDDEN TESTS
def with_one_gradient(make, options, start, gradient, steps):
    """The places of a parameter that meets the very same tensor as its gradient in each step, and that tensor."""
    p, places = start.clone().requires_grad_(), []
    p.grad = gradient.clone()
    opt = make([p], **options)
    for _ in range(steps):
        opt.step()
        places.append(p.detach().clone())
    return places, p.grad.clone()


def as_torch(ours, theirs, options, rng, steps=5):
    """Fails unless both walk the same way; two of the three parameters are of one shape, one misses a gradient."""
    starts = [rng.tensor(3), rng.tensor(2, 2), rng.tensor(2, 2)]
    gradients = [[rng.tensor(*start.shape) for start in starts] for _ in range(steps)]
    gradients[2][1] = None
    rates = [options["lr"] * rng.uniform(0.3, 1) for _ in gradients]
    got = checks.on_student_side(path, ours, options, starts, gradients, rates)
    right = path(theirs, options, starts, gradients, rates)
    for step, (mine, known) in enumerate(zip(got, right, strict=True)):
        for a, b in zip(mine, known, strict=True):
            checks.close(a, b, rtol=1e-4, atol=1e-4 * options["lr"], what=f"after step {step + 1}")
    start, gradient = rng.tensor(3), rng.tensor(3)
    places, after = checks.on_student_side(with_one_gradient, ours, options, start, gradient, steps)
    checks.close(after, gradient, rtol=1e-6, what="the gradient, after the steps")
    right = path(theirs, options, [start], [[gradient]] * steps)
    checks.close(
        torch.stack(places),
        torch.stack([place for (place,) in right]),
        rtol=1e-4,
        atol=1e-4 * options["lr"],
        what="with one gradient tensor in all steps",
    )


rng = checks.rng()
lr, momentum = rng.uniform(0.1, 0.5), rng.uniform(0.3, 0.8)
with checks.check("like torch.optim.SGD, step by step", points=2, hint="is there a velocity for each parameter?"):
    as_torch(Momentum, torch.optim.SGD, {"lr": lr, "momentum": momentum}, rng)
    as_torch(Momentum, torch.optim.SGD, {"lr": 2.0, "momentum": 0.99}, rng, steps=9)
    as_torch(Momentum, torch.optim.SGD, {"lr": 0.01, "momentum": 0.0}, rng)
with checks.check("with Nesterov's look ahead", points=2, hint="the new velocity, once more shortened, plus g"):
    as_torch(Momentum, torch.optim.SGD, {"lr": lr, "momentum": momentum, "nesterov": True}, rng)
    as_torch(Momentum, torch.optim.SGD, {"lr": 2.0, "momentum": 0.99, "nesterov": True}, rng, steps=9)
### END HIDDEN TESTS

# %% [markdown]
# Back to the narrow valley, forty steps each. **Predict:** what will the heavy ball do when it reaches the bottom?


# %%
def valley_walk(make, start=(2.7, 0.8), steps=40, **options):
    """The places of a walk in the valley (x² + 12 y²) / 2."""
    place = torch.tensor(start, requires_grad=True)
    opt, places = make([place], **options), [place.detach().clone()]
    for _ in range(steps):
        opt.zero_grad()
        ((place**2 * torch.tensor([1.0, 12.0])).sum() / 2).backward()
        opt.step()
        places.append(place.detach().clone())
    return torch.stack(places)


def draw_walks(walks):
    """The walks, by name, on one map each."""
    figure, axes = plt.subplots(1, len(walks), figsize=(3.4 * len(walks), 2.8), sharey=True)
    for axis, (name, places) in zip(axes, walks.items(), strict=True):
        axis.contour(along, across, (along**2 + 12 * across**2) / 2, 12, cmap="Greys")
        axis.plot(*places.T, "o-", color="tab:red", markersize=3, linewidth=1)
        axis.set(title=f"{name}: {places[-1].norm():.3f} away", xlim=(-3, 3), ylim=(-1.2, 1.2))
    figure.tight_layout()


draw_walks(
    {
        "plain": valley_walk(SGD, lr=0.03),
        "momentum 0.8": valley_walk(Momentum, lr=0.03, momentum=0.8),
        "Nesterov 0.8": valley_walk(Momentum, lr=0.03, momentum=0.8, nesterov=True),
    }
)

# %% [markdown]
# The ball overshoots and comes back, and still it arrives earlier. When all the gradients point the same way, the
# velocity grows towards $g\,(1 + \mu + \mu^2 + \dots) = g/(1-\mu)$. With $\mu = 0.9$ a step becomes up to ten times as
# long. So when you add momentum, try a smaller learning rate. Nesterov's ball feels the slope ahead and brakes in time.
# On a bowl, well-chosen momentum needs steps in proportion to the *square root* of the condition number, not to the number
# itself.
#
# **Now you can** write a loop that knows nothing of its data, validate without leaving traces in the training, and say
# when a heavy ball arrives sooner.
#
# *Further reading:* Goh, "Why Momentum Really Works" (Distill, 2017), with sliders; Sutskever et al., "On the
# importance of initialization and momentum in deep learning" (ICML 2013).
