# %% [markdown]
# ## 9 · Slowing down
#
# **In this part you will** plan learning rates, run two clocks, see what a larger batch buys, and train on digits.
#
# Far from the bottom long steps are good. Near it they only throw you about. So let the learning rate fall as training
# goes on: that is a **schedule**. And in the first steps, when the weights are random and gradients are wild, it may
# pay to start slowly: that is called **warm-up**.
#
# ### Exercise: four schedules
# difficulty 3/5 · 12 minutes · cards: step-schedule, step-or-exponential, cosine-schedule, one-cycle
#
# Each function returns the learning rate at step number `t`, where the first step has number 0.
#
# - `step_rate` starts at `lr`, and after every `size` steps it is multiplied by `gamma`, all at once.
# - `exponential_rate` is multiplied by `gamma` at *every* step.
# - `cosine_rate` goes from `lr` at $t = 0$ to `lowest` at $t = T$ (`total`) along half a wave:
#   $\text{lowest} + (\text{lr} - \text{lowest})\,\frac{1 + \cos(\pi t/T)}{2}$.
# - `one_cycle_rate` rises along half a cosine wave from `top / 25` at step 0 to `top` at step
#   $0.3\,\text{total} - 1$ (not always a whole number), and then falls along another half wave to `top / 250_000` at
#   the last step, which has number `total - 1`. There are at least four steps, so that the peak comes after step 0.
#
# hint: The formula of the cosine also works when `lowest` is the *larger* number. Then the wave goes up. So the last
# function can call the third one twice.


# %% solution="schedules" promises="any-size(stairs of one step, a single step, a wave that rises)"
def step_rate(t: int, lr: float, size: int, gamma: float) -> float:
    """Falls in stairs."""
    ### BEGIN SOLUTION
    return lr * gamma ** (t // size)
    ### END SOLUTION


def exponential_rate(t: int, lr: float, gamma: float) -> float:
    """Falls by the same share at every step."""
    ### BEGIN SOLUTION
    return lr * gamma**t
    ### END SOLUTION


def cosine_rate(t: float, lr: float, total: float, lowest: float = 0.0) -> float:
    """Goes from lr to lowest along half a wave."""
    ### BEGIN SOLUTION
    return lowest + (lr - lowest) * (1 + math.cos(math.pi * t / total)) / 2
    ### END SOLUTION


def one_cycle_rate(t: int, top: float, total: int) -> float:
    """Warms up to the top, then falls to almost nothing."""
    ### BEGIN SOLUTION
    peak = 0.3 * total - 1
    if t < peak:
        return cosine_rate(t, top / 25, peak, top)
    return cosine_rate(t - peak, top, total - 1 - peak, top / 250_000)
    ### END SOLUTION


# %% tests="schedules" points=6
def examples(rng):
    lr = rng.uniform(1, 2)
    stairs = {"t": 3, "lr": 8 * lr, "size": 1, "gamma": 0.5}
    yield checks.example(step_rate, stairs, size="stairs of one step", right=lr)
    single = {"t": 1, "lr": lr, "total": 1, "lowest": 0.25}
    yield checks.example(cosine_rate, single, size="a single step", right=0.25)
    rising = {"t": 3, "lr": lr, "total": 6, "lowest": 3 * lr}
    yield checks.example(cosine_rate, rising, size="a wave that rises", right=2 * lr)


with checks.check("stairs and exponential, by hand", hint="which of them changes at every step?"):
    checks.close([float(step_rate(t, 8.0, 2, 0.5)) for t in range(5)], [8.0, 8.0, 4.0, 4.0, 2.0], rtol=1e-5)
    checks.close([float(exponential_rate(t, 8.0, 0.5)) for t in range(4)], [8.0, 4.0, 2.0, 1.0], rtol=1e-5)
with checks.check("cosine: the ends and the middle", hint="the cosine of 0 is 1, that of π is −1"):
    checks.close([float(cosine_rate(t, 6.0, 10, 2.0)) for t in (0, 5, 10)], [6.0, 4.0, 2.0], rtol=1e-5)
### BEGIN HIDDEN TESTS
from torch.optim import lr_scheduler


def like(make, rate, lr, steps, given=(), noise=1e-15, **options):
    """Fails unless the rates of these steps are those of one of PyTorch's schedulers; returns both."""
    opt = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)
    scheduler, right = make(opt, **options), [opt.param_groups[0]["lr"]]
    for _ in range(steps - 1):
        opt.step()
        scheduler.step()
        right.append(opt.param_groups[0]["lr"])
    got = [float(rate(t, lr, *given)) for t in range(steps)]
    checks.close(got, right, rtol=1e-5, atol=noise, what=f"{steps} steps from {lr:.3g}, {given}")
    return got, right


rng = checks.rng()
lr, gamma, size = rng.uniform(0.5, 2), rng.uniform(0.5, 0.9), rng.integer(3, 5)
with checks.check("like StepLR", hint="the stairs come after size, 2 size, 3 size ... steps"):
    for height, stair, factor in ((lr, size, gamma), (0.01, 1, 0.1), (30.0, 7, 1.5)):
        like(lr_scheduler.StepLR, step_rate, height, 14, (stair, factor), step_size=stair, gamma=factor)
    for t in (1100, 100, 99, 0):
        checks.close(float(step_rate(t, lr, 50, 0.8)), lr * 0.8 ** (t // 50), rtol=1e-5, atol=1e-15, what="a long way")
with checks.check("like ExponentialLR", hint="at step 0 nothing has been multiplied yet"):
    for height, factor in ((lr, gamma), (0.01, 0.99), (30.0, 0.1)):
        like(lr_scheduler.ExponentialLR, exponential_rate, height, 8, (factor,), gamma=factor)
    for t in (900, 75, 0):
        checks.close(float(exponential_rate(t, lr, 0.99)), lr * 0.99**t, rtol=1e-5, atol=1e-15, what="a long way")
with checks.check("like CosineAnnealingLR", hint="lowest is where it ends, and 0 unless it is given"):
    total, lowest = rng.integer(7, 12), rng.uniform(0.05, 0.3)
    waves = [(lr, total, lowest), (0.1, 40, 0.3), (30.0, 1, 0.0), (lr, total)]  # the second one rises
    for height, *given in waves:
        low = given[1] if given[1:] else 0.0
        cosine = {"noise": 1e-6 * height, "T_max": given[0], "eta_min": low}
        like(lr_scheduler.CosineAnnealingLR, cosine_rate, height, given[0] + 1, given, **cosine)
    got = [float(cosine_rate(t, lr, 2.4, lowest)) for t in (0.8, 1.6)]  # t and total need not be whole
    right = [lowest + 0.75 * (lr - lowest), lowest + 0.25 * (lr - lowest)]  # a third and two thirds of the way
    checks.close(got, right, rtol=1e-5, what="half a wave of 2.4 steps")
with checks.check("like OneCycleLR", hint="where is the peak, and which number has the last step?"):
    for top, total in ((lr, 20), (0.003, rng.integer(21, 47)), (30.0, 101), (lr, 4), (1.0, 5), (1.0, 8), (lr, 250)):
        one_cycle = {"noise": 1e-6 * top, "max_lr": top, "total_steps": total, "cycle_momentum": False}
        got, right = like(lr_scheduler.OneCycleLR, one_cycle_rate, top, total, (total,), **one_cycle)
        checks.close(got[-1], right[-1], rtol=0.05, atol=0, what=f"the last rate of {total}")
### END HIDDEN TESTS

# %% [markdown]
# **Look** at them side by side. Which of them would you give to a network that starts with wild gradients?

# %%
figure, axis = plt.subplots(figsize=(7, 2.8), layout="tight")
moments = range(90)
axis.plot([step_rate(t, 1.0, 30, 0.1) for t in moments], label="step: × 0.1 after every 30")
axis.plot([exponential_rate(t, 1.0, 0.95) for t in moments], label="exponential: × 0.95")
axis.plot([cosine_rate(t, 1.0, 89) for t in moments], label="cosine")
axis.plot([one_cycle_rate(t, 1.0, 90) for t in moments], label="one cycle")
axis.set(xlabel="step", ylabel="learning rate")
axis.legend(fontsize=8)

# %% [markdown]
# ## 10 · Two clocks
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
    loss_func = lambda out, y: share * (out - y.detach()).square().mean()  # scores and labels have their places
    rates = fit(model, DataLoader(TensorDataset(x, y), size), loss_func, lr, epochs)
    return [float(rate) for rate in rates], model.weight.detach().clone()


def examples(rng):
    rates = lambda x, y, lr: checks.on_student_side(trained, fit_on_schedule, torch.ones(1, 2), x, y, lr, 2, 3)[0]
    yield checks.example(rates, {"x": rng.tensor(5, 2), "y": rng.tensor(5, 1), "lr": 0.1})


with checks.check(
    "four epochs: the rate falls before the fourth", points=0.5, hint="the scheduler ticks once an epoch"
):
    ones = torch.ones(5, 1)
    rates, _ = checks.on_student_side(trained, fit_on_schedule, torch.ones(1, 1), ones, ones, 0.1, 4, 3)
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
        rates, _ = checks.on_student_side(trained, fit_on_schedule, w, x, y, lr, epochs, size)
        right = [lr / 2 ** (epoch // 3) for epoch in range(epochs)]
        checks.close(rates, right, rtol=1e-4, atol=0, what=f"batches of {size}")
with checks.check("the weights: momentum and stairs together", hint="one optimiser, one scheduler, two clocks"):
    for epochs, size, share in ((2, 4, 1.0), (8, 4, 0.5), (5, 7, 2.0), (4, 3, 1.0), (19, 4, 0.5)):
        _, got = checks.on_student_side(trained, fit_on_schedule, w, x, y, lr, epochs, size, share)
        checks.close(got, by_formula(w, x, y, lr, epochs, size, share), rtol=1e-3, atol=1e-5)
        checks.close(got[0, 2], w[0, 2], rtol=1e-6, what="the weight of a feature that is always 0")
### END HIDDEN TESTS

# %% [markdown]
# *Further reading:* Smith, "Super-Convergence" (2017), arXiv 1708.07120 (one cycle); Loshchilov and Hutter, "SGDR: Stochastic Gradient
# Descent with Warm Restarts" (2017), arXiv 1608.03983 (the cosine); PyTorch's documentation of `torch.optim.lr_scheduler`.
#
# ## 11 · Noise, and what a batch buys
#
# The gradient of a mini-batch is an estimate. How good is it? Think of the gradients of all n rows as a cloud of
# points. Full-batch descent uses the centre of the cloud. A batch uses the mean of a few points drawn *without
# replacement*. **Predict:** if you take batches four times as large, how much nearer do their means lie?

# %% setup
torch.manual_seed(0)
guess = torch.tensor([1.0, 1.0])
row_gradients = 2 * (flats @ guess + true_b - rents)[:, None] * flats  # one gradient a flat

# %%
figure, axes = plt.subplots(1, 3, figsize=(10, 3), sharex=True, sharey=True, layout="tight")
for axis, size in zip(axes, (1, 4, 16), strict=True):
    means = torch.stack([row_gradients[torch.randperm(200)[:size]].mean(0) for _ in range(300)])
    axis.scatter(*means.T, s=4, alpha=0.5)
    axis.plot(*row_gradients.mean(0), "r+", markersize=14)
    axis.set_title(f"batches of {size}")

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
# Write the law as a function. `gradients` has one row for each row of the data. A test draws *every* possible batch.


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
    many = rng.tensor(70, 40) * (torch.arange(70) > 50)[:, None]  # the first rows say nothing of the others
    for table, sizes in (
        (gradients, (1, 2, 4)),
        (rng.tensor(5, 1), (1, 2, 4)),
        (50 * rng.tensor(7, 8), (1, 2, 4)),
        (many, (1, 2)),
    ):
        for size in sizes:
            what = f"{size} of {len(table)} rows"
            checks.close(float(batch_noise(table, size)), every_batch(table, size), rtol=1e-3, what=what)
with checks.check("a batch of all the rows has no noise", hint="what does the bracket become?"):
    checks.close(float(batch_noise(gradients, len(gradients))), 0.0, atol=1e-6)
### END HIDDEN TESTS

# %% [markdown]
# That noise is why SGD with a constant learning rate never comes to rest. **Predict:** three walks on the flats, with
# batches of 2, of 2 with a rate that falls, and of 32. Which comes closest to the bottom?

# %%
bottom = torch.linalg.lstsq(flats, rents - true_b).solution
figure, axis = plt.subplots(figsize=(7, 2.8), layout="tight")
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

# %% [markdown]
# All three fall equally fast at first, so the large batches have bought nothing there. Then each jitters at its own
# height. A falling rate brings the small batches most of the way down to the large ones, at a sixteenth of the price.
#
# *Further reading:* Bottou, Curtis, Nocedal, "Optimization Methods for Large-Scale Machine Learning" (2018), arXiv 1606.04838;
# Goyal et al., "Accurate, Large Minibatch SGD" (2017), arXiv 1706.02677 (larger batch, larger rate, warm-up).

# %% [markdown]
# ## 12 · Enough of flats
#
# Here are the course's digits, 4,000 to train on and 1,000 to validate with, and a network of a hundred hidden ReLUs.

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
# - `train_model` trains in training mode with Adam and the cross-entropy, counts the epochs on a `tqdm` bar, and
#   returns each epoch's mean loss over all *rows*. The last batch may be smaller: what is its mean loss multiplied by?
# - `evaluate` returns the mean loss and the share of right answers over all rows, in evaluation mode and without
#   recording gradients (what is trained afterwards must be recorded again). The class that gets the highest score is
#   the answer. Write what is missing.


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
    """Both numbers, for each batch the mode and whether gradients were recorded, and whether they are afterwards."""
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
    history = lambda w, x, y: checks.on_student_side(training, train_model, w, x, y, 1, 0.1)[0]
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
scores = x.double() @ w.double().T
y = (scores + 2 * rng.tensor(n, k)).argmax(1)
y[-1] = scores[-1].argmin()  # the small batch at the end is an odd one
with checks.check(
    "the weights after epochs of Adam", hint="who takes the softmax? clear, backward, step, one optimiser"
):
    for epochs, rate in ((3, lr), (1, 0.5), (5, 1.5)):
        _, got, *_ = checks.on_student_side(training, train_model, w, x, y, epochs, rate)
        checks.close(got, by_formula(w, x, y, epochs, rate)[1], rtol=5e-4, atol=1e-4)
with checks.check("the history counts every row the same, beside a bar", hint="how many rows has the last batch?"):
    history, _, modes, counted = checks.on_student_side(training, train_model, w, x, y, 3, lr)
    checks.close(history, by_formula(w, x, y, 3, lr)[0], rtol=1e-3)
    checks.true(all(modes), "the model was in evaluation mode while it trained")
    checks.true(3 in counted, "no bar of tqdm counted the three epochs")
with checks.check(
    "loss and accuracy over all rows, in evaluation mode", hint="two lines before the loop; sum over rows"
):
    best = scores.argmax(1)
    # all rows; then a batch of one row, one at the end, and none that is smaller, all of them right
    for rows, labels in ((n, y), (1, best), (5, best), (4, best)):
        loss, accuracy, seen, recorded = checks.on_student_side(evaluation, evaluate, w, x[:rows], labels[:rows])
        right = (scores.logsumexp(1) - scores[range(n), labels])[:rows].mean()
        checks.close(loss, right, rtol=1e-3, atol=1e-5, what=f"the loss of {rows} rows")
        checks.close(accuracy, (labels == best)[:rows].double().mean(), what=f"the accuracy of {rows} rows")
        checks.equal({tuple(one) for one in seen}, {(False, False)}, what="training mode, gradients recorded")
        checks.true(recorded, "after evaluate no gradient is recorded any more: what is trained next learns nothing")
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
# **Now you can** step a schedule in time with its optimiser, say what a larger batch buys, and train and judge a net.
