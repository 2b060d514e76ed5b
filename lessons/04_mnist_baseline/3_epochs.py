# %% [markdown]
# ## 6 · Epoch after epoch
#
# **In this part you will** write a training loop, an honest validation and an optimiser, and train 785 parameters.
#
# ### Exercise: one epoch
# difficulty 2/5 · 8 minutes · cards: training-step, gradients-accumulate, no-grad
#
# The heart of deep learning fits into a dozen lines. `calc_grad` does steps 2, 3 and 4 for one batch; `train_epoch`
# walks through all the batches and does step 5 after each. One such step for each batch, and not one for the whole data
# set, is **stochastic gradient descent** (SGD). Losses are returned as Python numbers: a list of tensors would keep the
# graph of every batch in memory. When `train_epoch` is called, no parameter holds a gradient. Fill the blanks, and notice
# that nothing in here knows about digits.
#
# hint: What did a second `backward` do to `.grad` in section 3, and which operator changes a tensor in place?


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


# %% [markdown] explains="train_epoch"
# `calc_grad` is steps 2, 3 and 4 in three lines: scores, loss, backward. Its arguments are what may change: any model,
# any loss. The loss is called with scores first and labels second, as all of PyTorch's losses expect. It returns
# `item()`; the tensor itself would hold on to the graph of its batch, and a list of them to all graphs of the epoch.
#
# Inside the loop the order is: gradient, step, clear, and that for *every* batch; a single step after the loop would be
# one step of ordinary gradient descent, along the sum of all gradients. `p -= …` changes the parameter that the model
# uses; `p = p - …` would only give the loop's variable a new meaning. And if `zero_()` is missing, each batch steps
# along the gradients of all batches before it as well: the first losses look right and the rest runs away.


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
            xb, yb = x[k : k + size], y[k : k + size]
            first, second = ((xb @ p).tanh() for p in params[:2])
            error = first + second + xb @ params[2] + xb @ params[3] - yb
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
    x, y, w = rng.tensor(22, 3), rng.tensor(22, 1), rng.tensor(3, 1)
    got, losses = checks.on_student_side(two_epochs, train_epoch, x, y, w, 0.05, 3)
    right, right_losses = right_two_epochs(x, y, w, 0.05, 3)
    checks.close(got[3], w, what="a parameter of the model that is not in params")
    checks.close(
        torch.stack(got[:3]), torch.stack(right[:3]), rtol=1e-3, atol=1e-4, what="three parameters, two epochs"
    )
    checks.close(losses, right_losses, rtol=1e-3, what="the losses of two epochs")
### END HIDDEN TESTS

# %% [markdown]
# Step 7 asks: when is it good enough? The loss serves the gradient; people want accuracy, on pictures not trained on.
#
# ### Exercise: how good is it?
# difficulty 3/5 · 10 minutes · cards: threshold-scores, weighted-mean, no-grad
#
# `batch_accuracy` compares scores with labels of 1.0 and 0.0; both have shape (batch, 1). It gets the *scores*, not
# the sigmoids: think about which score means fifty-fifty. (A score exactly there may fall on either side.)
#
# `validate_epoch` finds the mean of a metric over all that a loader hands out, so that every *picture* counts the same.
# If the last batch is smaller, the plain mean of the batches is not that; and a loader may leave rows of its data set
# out (`drop_last=True`). It returns a Python number. It needs no gradients, so switch them off while it runs, and only
# so long: that saves memory and time. The model's training mode is for the caller to choose; you need not look at it.
#
# hint: Add up `metric × rows` and divide by all the rows that came.


# %% solution="validate_epoch" promises="leaves-inputs, numbers(validate_epoch)"
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


# %% [markdown] explains="validate_epoch"
# The sigmoid is above one half exactly where the score is above zero, so the border is 0. With 0.5 instead, a score of
# 0.3 would be a seven, although its sigmoid says 57 % three; sure answers hide the mistake, hesitant ones show it.
#
# For the mean, weigh each batch with its rows. Ten pictures with the metric 1 and two with the metric 0 make 10/12 =
# 0.83, while the mean of the two batches says 0.5: the two late pictures would count five times as much as the others.
# Divide by the rows that *came*; `len(loader.dataset)` also counts those that `drop_last` has left out.
# `with torch.no_grad()` ends by itself, even when an error interrupts the loop, and the next cell can learn again.


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

    yield checks.example(mean_error, {"x": rng.tensor(5, 1), "y": rng.tensor(5, 1)}, of="validate_epoch")
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
    """The mean of a metric in which scores and labels cannot change places, over many batches and over a few."""
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    def metric(scores, labels):
        return (scores - 3 * labels).abs().mean()

    loaders = [DataLoader(TensorDataset(x[:rows], y[:rows]), batch_size=size) for rows in (len(x), 7)]
    return [float(validate_epoch(torch.nn.Identity(), loader, metric)) for loader in loaders]


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
    checks.close(batch_accuracy(scores[:60].repeat(5, 1), labels), 0.9, what="of three hundred a tenth is wrong")
with checks.check("batches of different sizes", hint="does a picture in a small batch count more than the others?"):
    last = rng.integer(1, 3)
    x = rng.tensor(20 + last, 1)
    y = torch.cat([rng.tensor(20, 1), 10 + rng.tensor(last, 1)])
    got = checks.on_student_side(validated, validate_epoch, x, y, 10, 1.0)[0]
    checks.close(got, (x + 1 - y).abs().mean())
    got = checks.on_student_side(validated, validate_epoch, x, y, 10, 1.0, True)[0]
    checks.close(got, (x + 1 - y)[:20].abs().mean(), what="over a loader that drops its last batch")
    x, y = rng.tensor(61, 2, 3), rng.tensor(61, 2, 3)
    many, few = checks.on_student_side(lopsided, validate_epoch, x, y, 2)
    checks.close(many, (x - 3 * y).abs().mean(), rtol=1e-4, what="over many batches of pictures")
    checks.close(few, (x - 3 * y)[:7].abs().mean(), rtol=1e-4, what="over four batches of pictures after that")
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
# Twenty epochs with 785 parameters. **Predict:** will they beat the ideals? What picture will the weights make?

# %%
torch.manual_seed(0)
weights, bias = init_params((784, 1), std=0.1), init_params((1,), std=0.1)
linear_model = lambda xb: linear1(xb, weights, bias)
curve = []
for _ in range(device.budget(20)):
    train_epoch(linear_model, mnist_loss, train_dl, [weights, bias], lr=1.0)
    curve.append(validate_epoch(linear_model, valid_dl, batch_accuracy))
hits["3 or 7, linear by hand"] = ((linear_model(valid_x) > 0) == (valid_y == 1))[:, 0]
print(f"validation accuracy after {len(curve)} epochs: {curve[-1]:.2%}")

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.2))
left.plot(range(1, len(curve) + 1), curve, marker=".")
for name, style in (("nearest mean, L1", ":"), ("nearest mean, RMSE", "--")):
    left.axhline(hits[f"3 or 7, {name}"].float().mean(), color="grey", linestyle=style, label=name)
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
# *Further reading:* *Deep Learning for Coders*, chapter 4, "The MNIST loss function" to "Putting it all together";
# [PyTorch: datasets and data loaders](https://pytorch.org/docs/stable/data.html).

# %% [markdown]
# ## 7 · Tidy up
#
# Anyone who trains a second model will not want to write `with torch.no_grad(): for p in params: ...` again. Two small
# classes take the loop apart: an **optimiser** knows the parameters and how to step, a **learner** all the rest.
#
# ### Exercise: an optimiser
# difficulty 3/5 · 10 minutes · cards: optimiser-interface, gradients-accumulate
#
# Write `BasicOptim` with the same three methods that PyTorch's optimisers have.
#
# - `params` may be any iterable, also a generator such as `model.parameters()`, which you can walk through *only once*;
# - `step()` moves every parameter against its gradient, and leaves alone one that has none (`p.grad is None`);
# - `zero_grad()` clears the gradients, whatever they hold: a step after it moves nothing. `step()` itself keeps them.
#
# hint: How often will you walk through `params`? What could you make of a generator at the start?


# %% solution="BasicOptim" promises="iterable(params)"
class BasicOptim:
    """Plain stochastic gradient descent."""

    def __init__(self, params, lr: float):
        ### BEGIN SOLUTION
        self.params, self.lr = list(params), lr
        ### END SOLUTION

    def step(self) -> None:
        """One step against the gradient, in place."""
        ### BEGIN SOLUTION
        with torch.no_grad():
            for p in self.params:
                if p.grad is not None:
                    p -= self.lr * p.grad
        ### END SOLUTION

    def zero_grad(self) -> None:
        """Forget the gradients."""
        ### BEGIN SOLUTION
        for p in self.params:
            p.grad = None
        ### END SOLUTION


# %% [markdown] explains="BasicOptim"
# `list(params)` first: a generator can be walked through once. Keep it as it is, and the first `step` uses it up: every
# later `step` and `zero_grad` walks through nothing and says nothing. The model moves once and then never again.
#
# `step` uses gradients and does not clear them; that is for `zero_grad`, so that whoever wants may look at the
# gradients or collect those of several batches before a step. A parameter without a gradient (frozen, or not used by
# this loss) is skipped, not the end of the loop. `p.grad = None` forgets for good. Multiplying by 0 seems to do as
# well, but 0 · ∞ is `nan`, and one bad batch would spoil all that come after it.


# %% tests="BasicOptim" points=4
def rounds(optimiser, starts, lr, n):
    """The parameters after n rounds of minimising the sum of their fourth powers."""
    params = [start.clone().requires_grad_() for start in starts]
    opt = optimiser((p for p in params), lr)
    for _ in range(n):
        sum((p**4).sum() for p in params).backward()
        opt.step()
        opt.zero_grad()
    return [p.detach() for p in params]


def moved(optimiser, x, cases):
    """For each case two parameters after its steps; the second has the slope for a gradient, turned it comes first."""
    found = []
    for lr, slope, steps, clear, turned in cases:
        used, unused = x.clone().requires_grad_(), x.clone().requires_grad_()
        opt = optimiser([unused, used] if turned else [used, unused], lr)
        (used**2).sum().backward()
        unused.grad = None if slope is None else slope.clone()
        if clear:
            opt.zero_grad()
        for _ in range(steps):
            opt.step()
        found.append((used.detach(), unused.detach()))
    return found


def two_of_them(optimiser, x, lr):
    """Two parameters, each of an optimiser of its own: after a step of the first, and after one of the second."""
    params = [x.clone().requires_grad_() for _ in range(2)]
    opts = [optimiser([p], lr * (k + 1)) for k, p in enumerate(params)]
    sum((p**2).sum() for p in params).backward()
    found = []
    for opt in opts:
        opt.step()
        found.append([p.detach().clone() for p in params])
    return found


def examples(rng):
    def after_a_step(params, lr):
        BasicOptim(params, lr).step()
        return [p.detach() for p in given]

    given = [rng.tensor(3, requires_grad=True, mutable=True) for _ in range(2)]
    for p in given:
        p.grad = torch.zeros(3)
    yield checks.example(after_a_step, {"params": given, "lr": 0.1})


with checks.check("one step of two parameters", hint="which way is downhill? Does the parameter itself change?"):
    case = 0.25, torch.ones(2), 1, False, False  # the rate, the second one's slope, the steps, not cleared, not turned
    ((used, unused),) = checks.on_student_side(moved, BasicOptim, torch.tensor([1.0, -2.0]), [case])
    checks.close(used, [0.5, -1.0])
    checks.close(unused, [0.75, -2.25])
### BEGIN HIDDEN TESTS
rng = checks.rng()
x, lr = rng.tensor(5), rng.uniform(0.01, 0.2)
with checks.check("zero_grad forgets the gradient", hint="after zero_grad a step should change nothing"):
    cases = [(lr, x + 1, 1, True, False), (lr, x / 0, 1, True, False), (lr, x + 1, 2, False, False)]
    finite, endless, twice = checks.on_student_side(moved, BasicOptim, x, cases)
    for part in finite:
        checks.close(part, x)
    for part in endless:
        checks.close(part, x, what="after a gradient that was not finite, and cleared,")
    checks.close(twice[0], x - 2 * lr * 2 * x, what="after two steps along one gradient, which nobody cleared,")
    checks.close(twice[1], x - 2 * lr * (x + 1), what="the same for another parameter of the same shape,")
with checks.check("a parameter without a gradient is left alone", hint="p.grad may be None"):
    balanced = torch.tensor([1.0, -1.0, 2.0, -2.0, 0.0])
    slopes = (lr, None, False), (lr, None, True), (3.0, 1000 * x, False), (lr, balanced, False)
    cases = [(rate, slope, 1, False, turned) for rate, slope, turned in slopes]
    (used, unused), (behind, _), steep, even = checks.on_student_side(moved, BasicOptim, x, cases)
    checks.close(unused, x)
    checks.close(used, x - 2 * lr * x, what="a parameter in front of it, with a gradient,")
    checks.close(behind, x - 2 * lr * x, what="a parameter behind it, with a gradient,")
    checks.close(steep[0], x - 6 * x, what="a parameter, at a large rate,")
    checks.close(steep[1], x - 3000 * x, what="a parameter with a steep slope, at a large rate,")
    checks.close(even[1], x - lr * balanced, what="a parameter whose gradient adds up to zero,")
with checks.check("several rounds, parameters from a generator", hint="how often can you walk through a generator?"):
    starts = [rng.tensor(3, low=-1, high=1), rng.tensor(2, 2, low=-1, high=1), rng.tensor(3, low=1, high=1.5)]
    starts += [rng.tensor(low=0.5, high=1)] + [rng.tensor(2, low=0.5, high=1) for _ in range(12)]
    got = checks.on_student_side(rounds, BasicOptim, starts, lr, 4)
    for start, end in zip(starts, got, strict=True):
        for _ in range(4):
            start = start - lr * 4 * start**3
        checks.close(end, start, rtol=1e-4, atol=1e-5)
    one, both = checks.on_student_side(two_of_them, BasicOptim, x, lr)
    checks.close(one[0], x - lr * 2 * x, what="the parameter of the optimiser that took a step")
    checks.close(one[1], x, what="the parameter of the other one")
    checks.close(both[0], x - lr * 2 * x, what="the first parameter, once the other optimiser took a step as well")
    checks.close(both[1], x - 2 * lr * 2 * x, what="the second parameter, at its own rate")
### END HIDDEN TESTS

# %% [markdown]
# **Now you can** write a training loop from nothing: parameters, scores, a loss with a slope, shuffled batches, an
# optimiser that takes the steps, and an honest accuracy.
