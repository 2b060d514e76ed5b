# %% [markdown]
# ## 13 · The race
#
# **In this part you will** choose learning rates without cheating, race seven optimisers, and keep what a run found.
#
# No gradient finds a **hyperparameter** such as the learning rate: one has to try. Draw candidates at random on a
# *logarithmic* scale, as 0.001 and 0.002 differ as much as 0.1 and 0.2, first widely, then finer where it was good.
#
# But who judges the candidates? Not the validation digits: the best of many tries on them is partly luck, and we want
# to report on digits that had no say. So the last thousand of the *training* digits are set aside for choosing.
# **Predict** the picture: accuracy on them after one epoch against the learning rate, for SGD and for Adam.

# %%
pictures, classes = digits.train_x.flatten(1), digits.train_y
fewer_dl = DataLoader(TensorDataset(pictures[:3000], classes[:3000]), batch_size=64, shuffle=True)
choice_dl = DataLoader(TensorDataset(pictures[3000:], classes[3000:]), batch_size=300)


def race(make, epochs, train=train_dl, judge=valid_dl, seed=0, rate=lambda step, total: 1, **options):
    """1 for each digit that it gets right after training; `rate` gives the factor of the learning rate at each step."""
    net = digit_net(seed)
    opt = make(net.parameters(), **options)
    top, total = opt.lr, epochs * len(train)
    for step, (xb, yb) in enumerate(itertools.chain.from_iterable(itertools.repeat(train, epochs))):
        opt.lr = top * rate(step, total)
        opt.zero_grad()
        F.cross_entropy(net(xb), yb).backward()
        opt.step()
    net.eval()
    with torch.no_grad():
        return torch.cat([net(xb).argmax(1) == yb for xb, yb in judge]).float()


# %%
figure, axis = plt.subplots(figsize=(6, 3), layout="tight")
for make, low, high in ((SGD, -3, 1), (Adam, -5, -0.5)):
    candidates = 10 ** (low + (high - low) * torch.rand(device.budget(12)).sort().values)
    scores = [race(make, 1, fewer_dl, choice_dl, lr=lr.item()).mean() for lr in candidates]
    axis.semilogx(candidates, scores, "o-", label=make.__name__)
axis.set(xlabel="learning rate", ylabel="accuracy after one epoch")
axis.legend()

# %% [markdown]
# Each has a plateau and a cliff, Adam far left: its steps are measured in learning rates, whatever the gradient.
#
# Now the race, ten epochs on all 4,000 digits. The rates below come from a search like this one: six or seven rates
# for each runner, ten epochs on the 3,000 digits, three seeds, judged by the 1,000 set aside. Of those within half a
# percent of the best we took the smallest. The validation digits are asked once, at the end. **Predict** the order.

# %%
rising_falling = {"lr": 0.02, "weight_decay": 0.1, "rate": lambda t, total: one_cycle_rate(t, 1.0, total)}
runners = {
    "SGD": (SGD, {"lr": 0.5}),
    "momentum": (Momentum, {"lr": 0.2}),
    "Nesterov": (Momentum, {"lr": 0.2, "nesterov": True}),
    "AdaGrad": (AdaGrad, {"lr": 0.02}),
    "RMSProp": (RMSProp, {"lr": 0.002}),
    "Adam": (Adam, {"lr": 0.01}),
    "AdamW, one cycle": (Adam, rising_falling),
}
for name, (make, options) in runners.items():
    reached[name] = race(make, device.budget(10), **options)
    print(f"{name:18}{reached[name].mean():.3f}")

# %% [markdown]
# ## 14 · What a run leaves behind
#
# ### Exercise: keep a run
# difficulty 2/5 · 8 minutes · cards: log-a-run, state-dict, save-and-load
#
# A run that leaves no trace has to be done again. So **log** settings and losses: many people use the service *Weights
# & Biases*, whose module is `wandb`; the setup cell below has a stand-in. And **save** the weights: a model's
# `state_dict()` holds all its parameters (and buffers) by name. By custom the file's name ends in `.pt` or `.pth`.
#
# - `logged_run`: start the log for the project `"digits"` with the configuration, a dictionary with `lr` and `epochs`.
#   Watch the model and its loss function (here: gradients *and* parameters, `log="all"`, every ten batches). For each
#   batch log a dictionary with its `epoch`, counted from 0, and its `loss`, as plain numbers. Then finish.
# - `save_weights` and `load_weights`: `torch.save(what, path)` writes a file, `torch.load(path)` reads it, and
#   `model.load_state_dict` takes what `model.state_dict` gave. The loaded model is for evaluation.


# %% setup
class PaperLog:
    """Has the calls of `wandb` that a run needs, and keeps everything in `rows`."""

    def __init__(self):
        self.config, self.rows = {}, []

    def init(self, project=None, name=None, config=None, **others):
        """Starts a run of the project with its settings, and returns it: the real one has the same calls as `wandb`."""
        self.config = dict(config or {})
        print(f"a run of {project} with {self.config}")
        return self

    def watch(self, models, criterion=None, log="gradients", log_freq=1000):
        """The real one logs histograms of "gradients", "parameters" or "all", every log_freq batches."""

    def log(self, data, step=None):
        """One more row."""
        self.rows.append(dict(data))

    def finish(self):
        """Closes the run."""
        print(f"{len(self.rows)} rows logged")

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.finish()


# %% solution="logged_run" promises="leaves-inputs, numbers"
def logged_run(wandb, model, loader, loss_func, lr: float, epochs: int) -> None:
    """Trains in place with SGD and logs the run."""
    wandb.init(project="digits", config={"lr": lr, "epochs": epochs})  # ? {"lr": lr, "epochs": epochs}
    wandb.watch(model, loss_func, log="all", log_freq=10)  # ? log="all", log_freq=10
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    for epoch in range(epochs):
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            wandb.log({"epoch": epoch, "loss": loss.item()})  # ? {"epoch": epoch, "loss": loss.item()}
    wandb.finish()


def save_weights(model: nn.Module, path: str) -> None:
    """Writes the state dict into a file."""
    torch.save(model.state_dict(), path)  # ? model.state_dict()


def load_weights(model: nn.Module, path: str) -> nn.Module:
    """The same model with the weights from the file, in evaluation mode."""
    ### BEGIN SOLUTION
    model.load_state_dict(torch.load(path))
    model.eval()
    ### END SOLUTION
    return model


# %% tests="logged_run" points=3
def recorded(logged_run, w, x, y, lr, epochs, loss="mse_loss"):
    """The calls of the log in their order, the rows as they were logged, and the weight after training."""
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    calls, rows, model = [], [], torch.nn.Linear(w.shape[1], 1, bias=False)
    loss_func = getattr(torch.nn.functional, loss)
    model.weight.data = w.clone()

    class Log:
        """The module and the run that its init returns: both take the same calls."""

        def __init__(self):
            self.config, self.run, self.summary = {}, None, {}

        def __enter__(self):
            return self

        def __exit__(self, *args):
            if calls[-1] != ("finish",):
                self.finish()

        def init(self, project=None, name=None, config=None, **others):
            calls.append(("init", project, dict(config or {})))
            self.config, self.run = dict(config or {}), self
            return self

        def watch(self, models, criterion=None, log="gradients", log_freq=1000, **others):
            ours = models[0] if isinstance(models, (list, tuple)) else models
            calls.append(("watch", ours is model, criterion is loss_func, log, log_freq))

        def unwatch(self, models=None):
            """Nothing is watched."""

        def log(self, data, step=None, commit=None, sync=None):
            rows.append(dict(data))
            calls.append(("log",))

        def finish(self, exit_code=None, quiet=None):
            calls.append(("finish",))

    logged_run(Log(), model, DataLoader(TensorDataset(x, y), 3), loss_func, lr, epochs)
    return calls, rows, model.weight.detach().clone()


def kept(save_weights, load_weights, x):
    """Names in the file (or what it holds instead), results of the first model and of the loaded one, and the modes."""
    import tempfile
    from pathlib import Path

    import torch
    from torch import nn

    first, second = (nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2)) for _ in range(2))
    first(x)  # in training mode, which moves the averages of the norm
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "weights.pt")
        save_weights(first, path)
        mode_after_saving = first.training
        state = torch.load(path, weights_only=False)
        names = sorted(state) if isinstance(state, dict) else f"no state dict, but a {type(state).__name__}"
        loaded = load_weights(second, path)
    first.eval()
    return names, first(x).detach(), loaded(x).detach(), loaded.training, loaded is second, mode_after_saving


def examples(rng):
    rows = lambda x, y: checks.on_student_side(recorded, logged_run, torch.ones(1, 2), x, y, 0.1, 1)[1]
    yield checks.example(rows, {"x": rng.tensor(4, 2), "y": rng.tensor(4, 1)})


with checks.check("a log of one epoch with two batches", points=0.5, hint="a row for each batch: epoch and loss"):
    ones = torch.ones(5, 1)
    _, rows, _ = checks.on_student_side(recorded, logged_run, torch.ones(1, 1), ones, 0 * ones, 0.1, 1)
    checks.close([row["loss"] for row in rows], [1.0, 0.64])
    checks.close([row["epoch"] for row in rows], [0, 0])
with checks.check("saved weights come back", points=0.5, hint="save the state dict, load it into the other model"):
    _, saved, loaded, *_ = checks.on_student_side(kept, save_weights, load_weights, torch.eye(3))
    checks.close(loaded, saved)


### BEGIN HIDDEN TESTS
def by_formula(w, x, y, lr, epochs, loss):
    """Epoch and loss of each batch, and the weight after the run, with torch's own gradient."""
    rows, w = [], w.clone().requires_grad_()
    for epoch, (xb, yb) in itertools.product(range(epochs), zip(x.split(3), y.split(3), strict=True)):
        value = getattr(F, loss)(xb @ w.T, yb)
        rows.append([epoch, value.item()])
        w = (w - lr * torch.autograd.grad(value, w)[0]).detach().requires_grad_()
    return rows, w.detach()


rng = checks.rng()
x, y, w, lr, epochs = rng.tensor(7, 2), rng.tensor(7, 1), rng.tensor(1, 2), rng.uniform(0.01, 0.1), rng.integer(2, 4)
with checks.check("project, configuration, and what is watched", hint="read the text: all, every ten batches"):
    calls, _, _ = checks.on_student_side(recorded, logged_run, w, x, y, lr, epochs)
    checks.equal([call[0] for call in calls if call[0] != "log"], ["init", "watch", "finish"], what="the calls")
    _, project, config = calls[0]
    checks.equal(project, "digits", what="the project")
    checks.true({"lr", "epochs"} <= set(config), "the configuration needs the keys lr and epochs")
    checks.close([float(config["lr"]), float(config["epochs"])], [lr, epochs], what="the configuration")
    watched = next(call for call in calls if call[0] == "watch")
    checks.equal(tuple(watched[1:]), (True, True, "all", 10), what="watch: model, loss function, what, how often")
    checks.equal(calls[-1][0], "finish", what="the last call")
with checks.check("every batch is logged, and trained on", points=0.5, hint="the loss before the step, epochs from 0"):
    for rate, times, loss in ((lr, epochs, "mse_loss"), (0.5, 1, "l1_loss"), (0.05, 12, "mse_loss")):
        _, rows, got_w = checks.on_student_side(recorded, logged_run, w, x, y, rate, times, loss)
        checks.true(all({"epoch", "loss"} <= set(row) for row in rows), "each row needs the keys epoch and loss")
        right_rows, right_w = by_formula(w, x, y, rate, times, loss)
        got = [[row["epoch"], row["loss"]] for row in rows]
        checks.close(got, right_rows, rtol=1e-3, what=f"{times} epochs, {loss}")
        checks.close(got_w, right_w, rtol=1e-3, atol=1e-5)
with checks.check("a file of named tensors, loaded for evaluation", points=0.5, hint="a whole model? which mode?"):
    found = checks.on_student_side(kept, save_weights, load_weights, rng.tensor(5, 3))
    names, saved, loaded, training, same, untouched = found
    norm = [f"1.{name}" for name in ("bias", "num_batches_tracked", "running_mean", "running_var", "weight")]
    checks.equal(names, ["0.bias", "0.weight", *norm, "2.bias", "2.weight"], what="what the file holds")
    checks.close(loaded, saved)
    checks.true(not training, "the loaded model is still in training mode")
    checks.true(same, "return the model that was handed in, with the weights from the file")
    checks.true(untouched, "saving has switched the model to evaluation mode: it should write a file, and no more")
### END HIDDEN TESTS

# %% [markdown]
# A run with a log, and the mean of the last twenty losses. **Look** how much one batch says.

# %%
log = PaperLog()
logged_run(log, digit_net(), train_dl, F.cross_entropy, lr=0.3, epochs=device.budget(5))
losses = torch.tensor([row["loss"] for row in log.rows])
figure, axis = plt.subplots(figsize=(6, 2.6), layout="tight")
axis.plot(losses, linewidth=0.5, label="each batch")
axis.plot(range(19, len(losses)), losses.unfold(0, 20, 1).mean(1), label="mean of the last 20")
axis.set(xlabel="batch", ylabel="training loss")
axis.legend()

# %% [markdown]
# A whole model object would be tied to the code and folders of that day. A state dict holds only named tensors, which
# any model of the same form can take. To go on training, save the optimiser's too: it has the velocities and averages.
#
# ## 15 · Find the bug, and say it in your own words
#
# ### Exercise: it clips, and turns
# difficulty 3/5 · 10 minutes · cards: clip-norm, clip-keeps-direction
#
# One bad batch can ruin hours of training. **Clipping** limits the length of a step and keeps its direction. With this
# function of a colleague the training no longer explodes, but where the limit is reached, steps change direction.
# There is **one** mistake in the idea: find and repair it. `params` may be a list or `model.parameters()`, a
# generator: it can be walked through only *once*. Each has a gradient. Change the gradients in place, leave them alone
# while they are within the limit (zeros always are), and return the norm from *before* as a number.
#
# hint: Take two parameters of one number each, with gradients 3 and 4, and a limit of 3.5. Draw the step before and after.


# %% solution="clip_gradients" promises="iterable(params)"
def clip_gradients(params, limit: float) -> float:
    """Scales the gradients in place so that their joint norm is at most limit; returns the norm before."""
    ### BEGIN SOLUTION
    #! squares = 0.0
    #! for p in params:
    #!     norm = p.grad.norm().item()
    #!     squares += norm**2
    #!     if norm > limit:
    #!         p.grad.mul_(limit / norm)
    #! return squares**0.5
    gradients = [p.grad for p in params]
    norm = sum(g.square().sum() for g in gradients).sqrt().item()
    if norm > limit:
        for g in gradients:
            g.mul_(limit / norm)
    return norm
    ### END SOLUTION


# %% tests="clip_gradients" points=4
def clipped(clip_gradients, gradients, limit, once=False):
    """What clip_gradients returns, all gradients in a row afterwards, and whether they are still the same tensors."""
    import torch

    params = [torch.zeros_like(g).requires_grad_() for g in gradients]
    for p, g in zip(params, gradients, strict=True):
        p.grad = g.clone()
    tensors = [p.grad for p in params]
    before = clip_gradients(iter(params) if once else params, limit)
    same = all(p.grad is tensor for p, tensor in zip(params, tensors, strict=True))
    return float(before), torch.cat([p.grad.flatten() for p in params]), same


def with_gradient(g):
    """A parameter that has this gradient."""
    p = torch.zeros_like(g).requires_grad_()
    p.grad = g.clone()
    return p


def examples(rng):
    def norm(params, limit):
        made = map(with_gradient, params)  # of gradients we make parameters, in a container of the same kind
        return clip_gradients(made if iter(params) is params else type(params)(made), limit)

    yield checks.example(norm, {"params": [rng.tensor(3), rng.tensor(2, 2)], "limit": 0.5})


with checks.check("gradients of 3 and 4 with a limit of 2.5 are halved", hint="how long are the two taken together?"):
    three_four = [torch.tensor([3.0]), torch.tensor([4.0])]
    norm, after, _ = checks.on_student_side(clipped, clip_gradients, three_four, 2.5)
    checks.close(norm, 5.0)
    checks.close(after, [1.5, 2.0], rtol=1e-4)
### BEGIN HIDDEN TESTS
rng = checks.rng()
gradients = [rng.tensor(4) + 1, 5 * rng.tensor(2, 3) + 1, 0.1 * rng.tensor(3) - 1, rng.tensor(2, 3)]
whole = torch.cat([g.flatten() for g in gradients])
with checks.check("long gradients become as long as the limit, in the same direction", hint="one factor for all"):
    for limit in (0.3 * whole.norm().item(), 0.001, 1.0):
        norm, after, _ = checks.on_student_side(clipped, clip_gradients, gradients, limit)
        checks.close(norm, whole.norm(), rtol=1e-4, what="the norm before")
        checks.close(after, whole * (limit / whole.norm()), rtol=2e-3, atol=1e-6)
with checks.check("just above their norm nothing changes, just below it all shrink", hint="a limit is not a target"):
    for share, once in ((1.02, False), (0.98, False), (100.0, False), (3.0, True)):
        norm, after, _ = checks.on_student_side(clipped, clip_gradients, gradients, share * whole.norm().item(), once)
        checks.close(norm, whole.norm(), rtol=1e-4, what="the norm before")
        exact = {"rtol": 0, "atol": 0} if share > 1 else {"rtol": 1e-3, "atol": 1e-5}
        checks.close(after, min(share, 1.0) * whole, **exact, what=f"where the limit is {share} times their norm")
    norm, after, _ = checks.on_student_side(clipped, clip_gradients, [torch.zeros(2), torch.zeros(1)], 0.5)
    checks.close([norm, *after], [0.0] * 4, atol=0, what="gradients of zero: their norm, and they afterwards")
with checks.check("model.parameters() can be walked once; p.grad stays the same tensor", hint="what is a generator?"):
    norm, after, same = checks.on_student_side(clipped, clip_gradients, gradients, 0.5, True)
    checks.close(norm, whole.norm(), rtol=1e-4, what="the norm before")
    checks.close(after, whole * (0.5 / whole.norm()), rtol=2e-3, atol=1e-6)
    checks.true(same, "p.grad is another tensor now: change the one that is there, in place")
### END HIDDEN TESTS

# %% [markdown]
# ### Six questions
# Two to five sentences each are enough. Write as you would to somebody who has not taken this course.

# %% [markdown] question="read_the_curve" points=2
# **Read the curve.** Three training curves: the first falls very slowly and is still falling at the end, the second
# falls fast and then jitters around one level, the third jumps up and ends in `nan`. What do you say about the
# learning rate of each, and what would you try next?
#
# ### BEGIN MARK SCHEME
# - 1 point: first too low, third too high; second good at first and too high (or batches too small) for the end.
# - 1 point: sensible next steps: a rate some three to ten times as large; a schedule that falls or a larger batch; a
#   rate ten times smaller, warm-up or clipping.
# - Half an answer: "low, good, too high; I would try other rates" names no direction and no remedy for the second: 1 of 2.
# ### END MARK SCHEME

# %% [markdown] question="formula_or_walk" points=2
# **Formula or walk?** The normal equations find the bottom in one go. Name two reasons why nobody trains large
# networks with them or with another method that needs the whole Hessian.
#
# ### BEGIN MARK SCHEME
# - 1 point: they need a model that is linear in its parameters with a squared error; a network's loss is no bowl.
# - 1 point: a matrix with a row and a column for each parameter: memory grows with the square, solving with the cube;
#   or: needs all the data at once, and Hessians of mini-batches are noisy.
# - Half an answer: "too slow for large networks", without saying what grows and how: no point for it.
# ### END MARK SCHEME

# %% [markdown] question="adams_first_step" points=2
# **Adam's first step.** Adam makes its very first step with a learning rate of 0.001. How long is that step for a
# parameter whose gradient is 50, and for one whose gradient is 0.001? What would the step be without bias correction,
# with the usual settings?
#
# ### BEGIN MARK SCHEME
# - 1 point: 0.001 for both (up to epsilon), because the corrected averages are g and g squared and g divided by its
#   magnitude is its sign.
# - 1 point: without correction 0.1 g divided by the root of 0.001 g squared, which is 3.16 times as long.
# - Half an answer: "without correction it is shorter, because the averages start at zero" forgets the second average,
#   which is under a root and below the line: no second point.
# ### END MARK SCHEME

# %% [markdown] question="two_kinds_of_decay" points=2
# **Two kinds of decay.** A friend changes SGD to Adam in her program and keeps `weight_decay=0.1`. (PyTorch's SGD and Adam
# both add $\lambda p$ to the gradient.) Some layers now hardly shrink any more. Why did it work with SGD, which layers
# are those, and what changes if she takes AdamW instead?
#
# ### BEGIN MARK SCHEME
# - 1 point: in SGD lambda times p in the gradient is the same as shrinking p by the share lr times lambda.
# - 1 point: Adam divides the sum by the usual size of the gradient, so layers with large gradients are hardly shrunk;
#   AdamW shrinks all by the same share, apart from the averages.
# - Half an answer: "AdamW decouples the decay" only repeats the name: no second point.
# ### END MARK SCHEME

# %% [markdown] question="noise_and_batches" points=2
# **What a batch buys.** You may double the batch size or double the number of steps, for the same price. When would you
# do the one, when the other? Use the learning curve of a run of yours as the argument: what does it look like in
# either case?
#
# ### BEGIN MARK SCHEME
# - 1 point: more steps while the curve still falls as fast as the steps allow (far from the bottom, noise is not the
#   limit); doubling the batch divides the noise only by the root of 2 (the variance by 2).
# - 1 point: larger batches (or a falling rate, which does the same for less) when the curve has gone flat and jitters;
#   or larger batches because the hardware computes them in the same time.
# - Half an answer: "larger batches are more accurate" without saying how much, or when that matters: no point.
# ### END MARK SCHEME

# %% [markdown] question="read_the_table" points=2
# **Read the last table.** (Run it first; it stands below.) Which runners of your race can a thousand validation digits
# tell apart from the best, and which not? Would you conclude that one optimiser is the best? All runners were judged by
# the *same* digits: which of the two errors in the table belongs to a difference, and why is it the smaller one?
#
# ### BEGIN MARK SCHEME
# - 1 point: uses the paired error of the difference (from the digits on which the two disagree), with numbers from the
#   student's own table; the root of the sum of squares of the two errors is for different digits and too large here,
#   because what is hard for one runner is mostly hard for the other too.
# - 1 point: no such conclusion: one network, one data set, one seed, ten epochs, and rates that were tuned more or
#   less; names at least one of these.
# - Half an answer: "all within the errors, so all are equal" by the unpaired error: no first point; and not being able
#   to tell two apart does not make them equal.
# ### END MARK SCHEME

# %% [markdown]
# ## 16 · Where you stand
#
# "Yours" is what your optimisers reached in the race: 4,000 real MNIST digits, ten epochs, one network of 79,510
# parameters, judged by 1,000 validation digits that chose nothing. "±" is the standard error: another thousand digits
# might give that much more or less. The next two columns compare with your best runner *on the same digits*: how far
# behind, and the standard error of that difference, which comes only from the digits on which the two disagree. "Ours"
# is the same race, five seeds each, from worst to best. The figures at the bottom were *published* for all 60,000
# training digits and the official 10,000 test digits: they show what fifteen times as many pictures are worth.

# %% setup
measured = {  # worst and best of five seeds, the same code, ten epochs
    "SGD": (0.938, 0.946),
    "momentum": (0.935, 0.952),
    "Nesterov": (0.936, 0.954),
    "AdaGrad": (0.931, 0.938),
    "RMSProp": (0.933, 0.937),
    "Adam": (0.938, 0.947),
    "AdamW, one cycle": (0.948, 0.956),
}

# %%
if device.budget(10) < 10:
    print("run by the grader, which trains only briefly")
best = max(reached.values(), key=torch.mean, default=None)
print(f"{'':20}{'yours':>7}{'±':>7}{'behind':>9}{'±':>7}   ours")
for name, (low, high) in measured.items():
    mine = f"{'not yet':>30}"
    if name in reached:
        right, lead = reached[name], best - reached[name]  # lead: 1, 0 or -1 for each digit
        columns = (right.mean(), right.std() / len(right) ** 0.5, lead.mean(), lead.std() / len(lead) ** 0.5)
        mine = "{:7.3f}{:7.3f}{:9.3f}{:7.3f}".format(*columns)
    print(f"{name:20}{mine}   {low:.3f} - {high:.3f}")
print("published for all 60,000 digits (dlsys course): softmax regression 0.92, one hidden layer 0.976 - 0.981")

# %% [markdown]
# ## What you have built
# Seven optimisers, four schedules, a trainer, a log. Of a new optimiser, ask what it remembers, how it measures the
# size of a gradient, how it begins, and how it slows down. Try it on two recent ones: Lion's step is the *sign* of an
# average of gradients; Muon makes all singular values of a matrix's velocity about equal. **Now you can** choose a
# learning rate without cheating, keep a run, shorten a step without turning it, and say how sure a comparison is.
#
# *Further reading:* Bergstra and Bengio, "Random Search for Hyper-Parameter Optimization" (JMLR 2012); PyTorch's
# "Saving and Loading Models"; Pascanu et al., "On the difficulty of training recurrent neural networks" (2013), arXiv
# 1211.5063; *Deep Learning Tuning Playbook* (Google, 2023); Chen et al. (2023), arXiv 2302.06675 (Lion).
