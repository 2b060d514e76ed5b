# %% [markdown]
# ## 9 · Two clocks
#
# **In this part you will** run two clocks at once, find out what a larger batch buys, and race seven optimisers on
# digits.
#
# PyTorch's schedulers hold on to an optimiser and change its learning rate whenever *their* `step` is called. Two
# clocks tick at once: `opt.step()` after every batch, and `scheduler.step()` after every epoch (for schedules that are
# counted in epochs) or after every batch (for those counted in batches, like one cycle). The optimiser goes first.
#
# ### Exercise: momentum, and stairs
# difficulty 2/5 · 7 minutes · cards: sgd-with-steplr, two-clocks
#
# Train with SGD and a momentum of 0.9. Halve the rate after every third *epoch*. Return the rate that each epoch was
# trained with. PyTorch's stairs are `lr_scheduler.StepLR(opt, step_size, gamma)`: after every `step_size` calls of its
# `step()` the rate is multiplied by `gamma`; `scheduler.get_last_lr()[0]` is the rate at the moment. Fill the two
# blanks, and write the loop: which clock ticks where?


# %% solution="fit_on_schedule" promises="leaves-inputs"
def fit_on_schedule(model, loader, loss_func, lr: float, epochs: int) -> list[float]:
    """Trains in place; returns the learning rate of each epoch."""
    from torch.optim import SGD, lr_scheduler

    opt = SGD(model.parameters(), lr=lr, momentum=0.9)  # ? lr=lr, momentum=0.9
    scheduler = lr_scheduler.StepLR(opt, step_size=3, gamma=0.5)  # ? step_size=3, gamma=0.5
    rates = []
    ### BEGIN SOLUTION
    for _ in range(epochs):
        rates.append(scheduler.get_last_lr()[0])
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
        scheduler.step()
    ### END SOLUTION
    return rates


# %% tests="fit_on_schedule" points=2
def trained(fit, w, x, y, lr, epochs, size, share=1.0):
    """The rates, and the weight of a linear model after training on batches of that size, in their order."""
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    model = torch.nn.Linear(w.shape[1], 1, bias=False)
    model.weight.data = w.clone()

    def loss_func(out, y):
        return share * torch.nn.functional.mse_loss(out, y)  # a share of the squared error

    rates = fit(model, DataLoader(TensorDataset(x, y), size), loss_func, lr, epochs)
    return [float(rate) for rate in rates], model.weight.detach().clone()


def examples(rng):
    def rates(x, y, lr):
        return checks.on_student_side(trained, fit_on_schedule, torch.ones(1, 2), x, y, lr, 2, 3)[0]

    yield checks.example(rates, {"x": rng.tensor(5, 2), "y": rng.tensor(5, 1), "lr": 0.1})


with checks.check(
    "four epochs: the rate falls before the fourth", points=0.5, hint="the scheduler ticks once an epoch"
):
    x = torch.ones(5, 1)
    rates, _ = checks.on_student_side(trained, fit_on_schedule, torch.ones(1, 1), x, x, 0.1, 4, 3)
    checks.close(rates, [0.1, 0.1, 0.1, 0.05])


### BEGIN HIDDEN TESTS
def by_formula(w, x, y, lr, epochs, size, share):
    """The weight after these epochs with momentum and a rate that is halved after every third."""
    velocity = torch.zeros_like(w)
    for epoch in range(epochs):
        for xb, yb in zip(x.split(size), y.split(size), strict=True):
            velocity = 0.9 * velocity + share * 2 * (xb @ w.T - yb).T @ xb / len(xb)
            w = w - lr / 2 ** (epoch // 3) * velocity
    return w


rng = checks.rng()
x, y, w, lr = rng.tensor(7, 3), rng.tensor(7, 1), rng.tensor(1, 3), rng.uniform(0.01, 0.03)
x = x * torch.tensor([1.0, 1.0, 0.0])  # no row has the last feature: its weight stays as it is
with checks.check("many epochs of stairs", points=0.5, hint="step_size counts what the scheduler counts"):
    for epochs, size in ((8, 7), (8, 4), (41, 3), (8, 1), (1, 7)):  # one batch an epoch, two, three, seven
        rates = checks.on_student_side(trained, fit_on_schedule, w, x, y, lr, epochs, size)[0]
        right = [lr / 2 ** (epoch // 3) for epoch in range(epochs)]
        checks.close(rates, right, rtol=1e-4, atol=0, what=f"batches of {size}")
with checks.check("the weights: momentum and stairs together", hint="one optimiser, one scheduler, two clocks"):
    for epochs, size, share in ((2, 4, 1.0), (8, 4, 0.5), (5, 7, 2.0), (4, 3, 1.0), (19, 4, 0.5)):
        got = checks.on_student_side(trained, fit_on_schedule, w, x, y, lr, epochs, size, share)[1]
        checks.close(got, by_formula(w, x, y, lr, epochs, size, share), rtol=1e-3, atol=1e-5)
        checks.close(got[0, 2], w[0, 2], rtol=1e-6, what="the weight of a feature that is always 0")
### END HIDDEN TESTS

# %% [markdown]
# *Further reading:* Smith, "Super-Convergence" (2017), arXiv 1708.07120 (one cycle); Loshchilov and Hutter, "SGDR: Stochastic Gradient
# Descent with Warm Restarts" (2017), arXiv 1608.03983 (the cosine); PyTorch's documentation of `torch.optim.lr_scheduler`.
#
# ## 10 · Noise, and what a batch buys
#
# The gradient of a mini-batch is an estimate. How good is it? Think of the gradients of all n rows as a cloud of
# points. Full-batch descent uses the centre of the cloud. A batch uses the mean of a few points drawn *without
# replacement*. **Predict:** if you take batches four times as large, how much nearer do their means lie?

# %% setup
torch.manual_seed(0)
guess = torch.tensor([1.0, 1.0])
row_gradients = 2 * (flats @ guess + true_b - rents)[:, None] * flats  # one gradient a flat

# %%
figure, axes = plt.subplots(1, 3, figsize=(10, 3), sharex=True, sharey=True)
for axis, size in zip(axes, (1, 4, 16), strict=True):
    means = torch.stack([row_gradients[torch.randperm(200)[:size]].mean(0) for _ in range(300)])
    axis.scatter(*means.T, s=4, alpha=0.5)
    axis.plot(*row_gradients.mean(0), "r+", markersize=14)
    axis.set_title(f"batches of {size}")
figure.tight_layout()

# %% [markdown]
# Half as far: the spread goes with $1/\sqrt B$ (a little less here, since 16 of 200 rows are no longer few). The exact
# law for batches of $B$ out of $n$ rows is
#
# $$\mathbb E\,\lVert \bar g_B - \bar g \rVert^2 = \frac{1}{B}\Big(1 - \frac Bn\Big)\; \frac{1}{n-1} \sum_{i=1}^n
# \lVert g_i - \bar g\rVert^2.$$
#
# ### Exercise: how noisy is a batch?
# difficulty 2/5 · 8 minutes · cards: batch-noise, four-times-the-batch
#
# Write the law as a function. `gradients` has one row for each row of the data. The test draws *every* possible batch
# and takes the mean.


# %% solution="batch_noise" promises="leaves-inputs"
def batch_noise(gradients: torch.Tensor, size: int) -> float:
    """The expected squared distance of a batch's mean from the mean of all: (n, parameters) in, a number out."""
    ### BEGIN SOLUTION
    return (gradients.var(dim=0).sum() / size * (1 - size / len(gradients))).item()
    ### END SOLUTION


# %% tests="batch_noise" points=4
def examples(rng):
    yield checks.example(batch_noise, {"gradients": rng.tensor(5, 3), "size": 2})


def every_batch(gradients, size):
    """The mean squared distance over all batches that there are."""
    batches = [gradients[list(places)].mean(0) for places in itertools.combinations(range(len(gradients)), size)]
    return (torch.stack(batches) - gradients.mean(0)).square().sum(1).mean()


with checks.check("three numbers, batches of two", hint="three batches are possible"):
    three = torch.tensor([[0.0], [3.0], [6.0]])
    checks.close(float(batch_noise(three, 2)), every_batch(three, 2))
### BEGIN HIDDEN TESTS
rng = checks.rng()
gradients = rng.tensor(rng.integer(6, 8), 3) * 2 + 1
with checks.check("any size, several parameters", points=2, hint="n − 1 below the sum; a share of the rows is drawn"):
    for table in (gradients, rng.tensor(5, 1), 50 * rng.tensor(7, 8)):
        for size in (1, 2, 4):
            checks.close(float(batch_noise(table, size)), every_batch(table, size), rtol=1e-3, what=f"size {size}")
    table = rng.tensor(70, 40) * (torch.arange(70) > 50)[:, None]  # the first rows say nothing of the others
    for size in (1, 2):
        checks.close(float(batch_noise(table, size)), every_batch(table, size), rtol=1e-3, what="many rows")
with checks.check("a batch of all the rows has no noise", hint="what does the bracket become?"):
    checks.close(float(batch_noise(gradients, len(gradients))), 0.0, atol=1e-6)
### END HIDDEN TESTS

# %% [markdown]
# That noise is why SGD with a constant learning rate never comes to rest. **Predict:** three walks on the flats, with
# batches of 2, of 2 with a rate that falls, and of 32. Which comes closest to the bottom?

# %%
bottom = torch.linalg.lstsq(flats, rents - true_b).solution
figure, axis = plt.subplots(figsize=(7, 2.8))
for label, size, falling in (("batches of 2", 2, False), ("of 2, falling rate", 2, True), ("of 32", 32, False)):
    w, away = torch.zeros(2), []
    for step in range(400):
        rows = torch.randperm(200)[:size]
        lr = cosine_rate(step, 0.05, 400) if falling else 0.05
        w = w - lr * 2 * (flats[rows] @ w + true_b - rents[rows]) @ flats[rows] / size
        away.append((w - bottom).norm())
    axis.semilogy(away, label=label, linewidth=1)
axis.set(xlabel="step", ylabel="distance from the bottom")
axis.legend(loc="upper right", fontsize=8)
figure.tight_layout()

# %% [markdown]
# All three fall equally fast at first, so the large batches have bought nothing there. Then each jitters at its own
# height. A falling rate brings the small batches most of the way down to the large ones, at a sixteenth of the price.
#
# *Further reading:* Bottou, Curtis, Nocedal, "Optimization Methods for Large-Scale Machine Learning" (2018), arXiv 1606.04838;
# Goyal et al., "Accurate, Large Minibatch SGD" (2017), arXiv 1706.02677 (larger batch, larger rate, warm-up).

# %% [markdown]
# ## 11 · The race
#
# Enough of flats. Here are the digits of the course, 4,000 to train on and 1,000 to validate with, and a network with
# one hidden layer of a hundred ReLUs. Everything comes together now.

# %% setup
digits = data.digits()
train_dl = DataLoader(TensorDataset(digits.train_x.flatten(1), digits.train_y), batch_size=64, shuffle=True)
valid_dl = DataLoader(TensorDataset(digits.valid_x.flatten(1), digits.valid_y), batch_size=300)
reached: dict[str, torch.Tensor] = {}  # for each method, which validation digits it gets right, for the last table


def digit_net(seed=0):
    """The network of the race, always from the same start."""
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(784, 100), nn.ReLU(), nn.Linear(100, 10))


# %% [markdown]
# ### Exercise: train and evaluate
# difficulty 3/5 · 12 minutes · cards: import-cross-entropy, training-loop, evaluation-loop, weigh-the-last-batch
#
# These two functions appear in some form in every project.
#
# - `train_model` trains in training mode with Adam and the cross-entropy, shows a bar with `tqdm` that counts the epochs, and returns the mean
#   loss of every epoch over all *rows*. The last batch may be smaller: what is a batch's mean loss multiplied by?
# - `evaluate` returns the mean loss and the share of right answers over all rows, in evaluation mode and without
#   recording gradients (what is trained afterwards must be recorded again). The class that gets the highest score is the
#   answer. Write what is missing.


# %% solution="train_model" promises="leaves-inputs, no-graph"
def train_model(model, loader, epochs: int, lr: float) -> list[float]:
    """Trains in place with Adam; returns the mean loss of each epoch over its rows."""
    loss_func = nn.CrossEntropyLoss()
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    for _ in tqdm(range(epochs)):
        model.train()  # ? train()
        total = 0.0
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(xb)  # ? loss.item() * len(xb)
        history.append(total / len(loader.dataset))  # ? len(loader.dataset)
    return history


def evaluate(model, loader) -> tuple[float, float]:
    """The mean cross-entropy and the accuracy over all rows of the loader."""
    total, right = 0.0, 0
    ### BEGIN SOLUTION
    model.eval()
    with torch.no_grad():
        for xb, yb in loader:
            scores = model(xb)
            total += F.cross_entropy(scores, yb, reduction="sum").item()
            right += (scores.argmax(dim=1) == yb).sum().item()
    ### END SOLUTION
    rows = len(loader.dataset)
    return total / rows, right / rows


# %% tests="train_model" points=4
def training(train, w, x, y, epochs, lr):
    """The history, the weight after training, the modes in which the model met its batches, and how far bars came."""
    import torch
    from torch.utils.data import DataLoader, TensorDataset
    from tqdm import std

    model = torch.nn.Linear(w.shape[1], len(w), bias=False)
    model.weight.data, modes, bars, make_bar = w.clone(), [], [], std.tqdm.__init__

    def noted(bar, *args, **options):
        bars.append(bar)
        make_bar(bar, *args, **options)

    model.register_forward_hook(lambda module, args, out: modes.append(module.training))
    model.eval()
    std.tqdm.__init__ = noted
    try:
        history = train(model, DataLoader(TensorDataset(x, y), batch_size=4), epochs, lr)
    finally:
        std.tqdm.__init__ = make_bar
    return history, model.weight.detach().clone(), modes, [int(bar.n) for bar in bars]


def evaluation(evaluate, w, x, y):
    """What evaluate returns, for each batch the mode and whether gradients were recorded, and whether they are after."""
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    model = torch.nn.Linear(w.shape[1], len(w), bias=False)
    model.weight.data, seen = w.clone(), []
    model.register_forward_hook(lambda module, args, out: seen.append((module.training, torch.is_grad_enabled())))
    found = evaluate(model, DataLoader(TensorDataset(x, y), batch_size=4))
    if not isinstance(found, (tuple, list)) or len(found) != 2:
        raise TypeError("evaluate should return two numbers: the mean loss and the share of right answers")
    return float(found[0]), float(found[1]), seen, torch.is_grad_enabled()


def examples(rng):
    def history(w, x, y):
        return checks.on_student_side(training, train_model, w, x, y, 1, 0.1)[0]

    yield checks.example(history, {"w": rng.tensor(3, 2), "x": rng.tensor(6, 2), "y": rng.integers(6, low=0, high=2)})


with checks.check("one epoch of one batch", points=0.5, hint="a model of zeros gives every class the same probability"):
    x, y = torch.eye(3), torch.tensor([0, 1, 2])
    history, w, _, _ = checks.on_student_side(training, train_model, torch.zeros(3, 3), x, y, 1, 0.1)
    checks.close(history, [math.log(3)], rtol=1e-4)
    checks.close(w, 0.2 * torch.eye(3) - 0.1, rtol=1e-3)
with checks.check("two of three answers are right", points=0.5, hint="the class with the highest score"):
    _, accuracy, *_ = checks.on_student_side(evaluation, evaluate, torch.eye(3), torch.eye(3), torch.tensor([0, 1, 1]))
    checks.close(accuracy, 2 / 3)


### BEGIN HIDDEN TESTS
def by_formula(w, x, y, epochs, lr):
    """History and weight, with the gradient of the cross-entropy from its formula: softmax minus one-hot."""
    right, history = w.clone().requires_grad_(), []
    opt = torch.optim.Adam([right], lr=lr)
    for _ in range(epochs):
        total = 0.0
        for xb, yb in zip(x.split(4), y.split(4), strict=True):
            p = (xb @ right.detach().T).softmax(1)
            total += -p[range(len(yb)), yb].log().sum().item()
            right.grad = (p - torch.eye(len(w))[yb]).T @ xb / len(xb)
            opt.step()
        history.append(total / len(x))
    return history, right.detach()


rng = checks.rng()
n, k = 4 * rng.integer(3, 5) + rng.integer(1, 2), rng.integer(3, 5)
x, w, lr = rng.tensor(n, 6), rng.tensor(k, 6), rng.uniform(0.03, 0.05)
w = w + 5 * (torch.arange(6) < 3) * (torch.arange(k)[:, None] == 0)  # large weights, so that a decay would show
y = (x @ w.T + 2 * rng.tensor(n, k)).argmax(1)
y[-1] = (x @ w.T)[-1].argmin()  # the small batch at the end is an odd one
with checks.check(
    "the weights after epochs of Adam", hint="who takes the softmax? clear, backward, step, one optimiser"
):
    for epochs, rate in ((3, lr), (1, 0.5), (5, 1.5)):
        got = checks.on_student_side(training, train_model, w, x, y, epochs, rate)[1]
        checks.close(got, by_formula(w, x, y, epochs, rate)[1], rtol=5e-4, atol=1e-4)
with checks.check("the history counts every row the same, beside a bar", hint="how many rows has the last batch?"):
    history, _, modes, counted = checks.on_student_side(training, train_model, w, x, y, 3, lr)
    checks.close(history, by_formula(w, x, y, 3, lr)[0], rtol=1e-3)
    checks.true(all(modes), "the model was in evaluation mode while it trained")
    checks.true(3 in counted, "no bar of tqdm counted the three epochs")
with checks.check(
    "loss and accuracy over all rows, in evaluation mode", hint="two lines before the loop; sum over rows"
):
    scores = x.double() @ w.double().T
    loss, accuracy, seen, recorded = checks.on_student_side(evaluation, evaluate, w, x, y)
    checks.close(loss, (scores.logsumexp(1) - scores[range(n), y]).mean(), rtol=1e-3)
    checks.close(accuracy, sum(int(a) == int(b) for a, b in zip(scores.argmax(1), y, strict=True)) / n)
    checks.equal({tuple(one) for one in seen}, {(False, False)}, what="training mode, gradients recorded")
    checks.true(recorded, "after evaluate no gradient is recorded any more: what is trained next learns nothing")
    best = scores.argmax(1)
    for rows in (1, 5, 4):  # a batch of one row, one at the end, and none that is smaller
        loss, accuracy, *_ = checks.on_student_side(evaluation, evaluate, w, x[:rows], best[:rows])
        right = (scores.logsumexp(1) - scores[range(n), best])[:rows].mean()
        checks.close(loss, right, rtol=1e-3, atol=1e-5, what=f"the loss of {rows} rows")
        checks.close(accuracy, 1.0, what=f"the accuracy of {rows} rows, all of them right")
### END HIDDEN TESTS

# %% [markdown]
# **Predict:** ten classes, no idea at all: with which loss will the training begin? (The natural logarithm of 10 is
# 2.30.) And how many of a thousand new digits will be right after ten epochs?

# %%
net = digit_net()
print("before: loss {:.2f}, accuracy {:.1%}".format(*evaluate(net, valid_dl)))
history = train_model(net, train_dl, device.budget(10), lr=3e-3)
print("after:  loss {:.2f}, accuracy {:.1%}".format(*evaluate(net, valid_dl)))
print("training loss of each epoch:", [round(loss, 3) for loss in history])

# %% [markdown]
# Which learning rate should each optimiser get? It is a **hyperparameter**: no gradient will find it, so one has to
# try. Draw the candidates at random and on a *logarithmic* scale, because 0.001 and 0.002 differ as much as 0.1 and
# 0.2 do. Begin with a wide range, and look again, finer, where it was good.
#
# But who judges the candidates? Not the validation digits. The best of many tries on them is partly luck with just
# these digits, and we want to report what the network does on digits that had no say. So the last thousand of the
# *training* digits are set aside for choosing. **Predict** the shape of the picture: accuracy on them after one epoch
# against the learning rate, for plain SGD and for Adam.

# %%
pictures, classes = digits.train_x.flatten(1), digits.train_y
fewer_dl = DataLoader(TensorDataset(pictures[:3000], classes[:3000]), batch_size=64, shuffle=True)
choice_dl = DataLoader(TensorDataset(pictures[3000:], classes[3000:]), batch_size=300)


def race(make, epochs, train=train_dl, judge=valid_dl, seed=0, rate=None, **options):
    """1 for each digit that it gets right after training; `rate` gives the factor of the learning rate at each step."""
    net = digit_net(seed)
    opt = make(net.parameters(), **options)
    top, total = opt.lr, epochs * len(train)
    for step, (xb, yb) in enumerate(itertools.chain.from_iterable(itertools.repeat(train, epochs))):
        if rate is not None:
            opt.lr = top * rate(step, total)
        opt.zero_grad()
        F.cross_entropy(net(xb), yb).backward()
        opt.step()
    net.eval()
    with torch.no_grad():
        return torch.cat([net(xb).argmax(1) == yb for xb, yb in judge]).float()


# %%
plt.figure(figsize=(6, 3))
for make, low, high in ((SGD, -3, 1), (Adam, -5, -0.5)):
    candidates = 10 ** (low + (high - low) * torch.rand(device.budget(12)).sort().values)
    scores = [race(make, 1, fewer_dl, choice_dl, lr=lr.item()).mean() for lr in candidates]
    plt.semilogx(candidates, scores, "o-", label=make.__name__)
plt.xlabel("learning rate")
plt.ylabel("accuracy after one epoch")
plt.legend()
plt.tight_layout()

# %% [markdown]
# Both have a plateau where the rate hardly matters, and a cliff on its right. Adam's plateau lies far to the left: its
# steps are measured in learning rates, whatever the gradient.
#
# Now the race, ten epochs each. Everything that you built takes part, and all 4,000 digits train. The rates below come
# from a search like this one: six or seven rates for each runner, ten epochs on the 3,000 digits, three seeds, judged
# by the 1,000 set aside. Of the rates within half a percent of the best we took the smallest. The validation digits had
# no say in it: they are asked once, at the end. **Predict** the order.

# %%
runners = {
    "SGD": (SGD, {"lr": 0.5}),
    "momentum": (Momentum, {"lr": 0.2}),
    "Nesterov": (Momentum, {"lr": 0.2, "nesterov": True}),
    "AdaGrad": (AdaGrad, {"lr": 0.02}),
    "RMSProp": (RMSProp, {"lr": 0.002}),
    "Adam": (Adam, {"lr": 0.01}),
    "AdamW, one cycle": (
        Adam,
        {"lr": 0.02, "weight_decay": 0.1, "rate": lambda t, total: one_cycle_rate(t, 1.0, total)},
    ),
}
for name, (make, options) in runners.items():
    reached[name] = race(make, device.budget(10), **options)
    print(f"{name:18}{reached[name].mean():.3f}")

# %% [markdown]
# **Now you can** step a schedule in time with its optimiser, say what you pay for and get from a larger batch, train a
# network, and choose its learning rate without cheating.
