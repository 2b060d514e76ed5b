# %% [markdown]
# ## 12 · As loud in the last layer as in the first
#
# **In this part you will** find how strong the first weights must be for any activation, normalise signals along the
# right axis, silence units at random and prove what that does on average, and tell too little learning from too much.
#
# Thirty layers that each keep 0.7 of a signal leave 0.00002 of it; if each multiplies it by 1.4, it grows 24,000-fold.
# Kaiming's 2 prevents both. Where does it come from? Let $z$ be standard normal, as a unit before the bend $f$ roughly is.
# ReLU sets half of the numbers to 0, so the mean of $f(z)^2$ is 1/2, and the weights must make up for it. In
# general the standard deviation of the weights is $g / \sqrt{\text{fan}_\text{in}}$ with the **gain**
#
# $$g = \frac{1}{\sqrt{E[f(z)^2]}} \qquad E[f(z)^2] = \int f(z)^2\, \frac{e^{-z^2/2}}{\sqrt{2\pi}}\, dz$$
#
# ### Exercise: the gain of any bend
# difficulty 3/5 · 12 minutes · cards: gain, symmetry-breaking
#
# `gain_of` must be right to 0.1 %, even for bends as steep as $\tanh(100 z)$ (so sum over a fine grid). `matrices`
# returns, for each pair of neighbours in `sizes`, a matrix (fan_in, fan_out), normal with that standard deviation.


# %% solution="gain" promises="random, tensors(matrices)"
def gain_of(activation) -> float:
    """The gain of an activation, which takes and returns a tensor."""
    ### BEGIN SOLUTION
    z = torch.linspace(-10, 10, 20001, dtype=torch.float64)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    return ((activation(z) ** 2 * density).sum() * 0.001).item() ** -0.5
    ### END SOLUTION


def matrices(sizes: list[int], gain: float) -> list[torch.Tensor]:
    """Weights for all layers of a network with these sizes."""
    ### BEGIN SOLUTION
    return [torch.randn(d, units) * gain / d**0.5 for d, units in itertools.pairwise(sizes)]
    ### END SOLUTION


# %% tests="gain" points=4
def gain_for(gain_of, name, alpha):
    """The gain that the student finds for a bend of this name."""
    import torch

    bends = {
        "line": lambda z: alpha * z,
        "leaky": lambda z: torch.where(z > 0, z, alpha * z),
        "shifted": lambda z: (z - alpha).clamp(min=0),
        "cube": lambda z: alpha * z**3,
        "tanh": lambda z: torch.tanh(alpha * z),
        "steep": lambda z: torch.tanh(100 * (z - alpha)),
        "relu": torch.relu,
        "sigmoid": torch.sigmoid,
        "gelu": torch.nn.functional.gelu,
    }
    return gain_of(bends[name])


def examples(rng):
    yield checks.example(matrices, {"sizes": [3, 2], "gain": 1.0}, of="matrices")


with checks.check("ReLU needs √2", hint="half of the mean square is lost", points=1):
    got = checks.on_student_side(gain_for, gain_of, "relu", 0.0)
    checks.close(got, math.sqrt(2), rtol=1e-3)
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("the gains of other bends", hint="square first, then the mean over normal numbers"):
    z = torch.linspace(-12, 12, 48001, dtype=torch.float64)
    weights = torch.softmax(-(z**2) / 2, dim=0)
    alpha, share = rng.uniform(0.2, 3), rng.uniform(0.1, 0.9)
    given = {"line": alpha, "leaky": share, "shifted": 2 * share, "cube": alpha, "tanh": alpha, "steep": share}
    for name, number in [*given.items(), ("steep", 0.0), ("sigmoid", 0.0), ("gelu", 0.0)]:
        values = gain_for(lambda bend: bend(z), name, number)
        right = float((values**2 * weights).sum()) ** -0.5
        got = checks.on_student_side(gain_for, gain_of, name, number)
        checks.close(got, right, rtol=1.5e-3, what=f"{name} {number:.2f}")
with checks.check(
    "matrices of the right shapes and spread", points=2, hint="gain over the root of fan_in, layer by layer"
):
    for sizes, gain in (([400, 100, 300], 1.0), ([50, 800], rng.uniform(1.3, 2)), ([300, 200, 200, 100], 0.2)):
        got = [checks.doubles(w) for w in matrices(sizes, gain)]
        checks.equal([list(w.shape) for w in got], [[a, b] for a, b in itertools.pairwise(sizes)])
        for w in got:
            checks.between(float(w.std()) * math.sqrt(len(w)) / gain, 0.95, 1.05)
            checks.between(float((w.abs() < w.std()).double().mean()), 0.66, 0.705)
### END HIDDEN TESTS

# %%
figure, axis = plt.subplots(figsize=(6, 2.8), layout="tight")
for name, bend in {"relu": torch.relu, "tanh": torch.tanh, "gelu": F.gelu}.items():
    for gain, line in ((1.0, "--"), (gain_of(bend), "-")):
        torch.manual_seed(0)
        a, sizes = torch.randn(200, 256), []
        for w_layer in matrices([256] * 31, gain):
            a = bend(a @ w_layer)
            sizes.append(a.pow(2).mean().sqrt())
        axis.semilogy(range(1, 31), sizes, line, label=f"{name}, gain {gain:.2f}")
axis.set(xlabel="layer", ylabel="root mean square", title="thirty layers (GELU's gain holds at strength 1 only)")
axis.legend(fontsize=7)

# %% [markdown]
# ## 13 · Or normalise on the way
#
# A good start lasts until the first step. **Normalisation** keeps signals at strength in *every* step: subtract a mean,
# divide by a standard deviation, and let two learnt numbers a feature, scale and shift, undo it if that helps:
#
# $$\hat x = \frac{x - \text{mean}}{\sqrt{\text{var} + \varepsilon}} \qquad\qquad y = \gamma \hat x + \beta$$
#
# The mean of *what* is the whole difference. **Batch norm** takes it over the batch, separately for each feature;
# **layer norm** over the features, separately for each row. Both variances divide by the number of entries.

# %%
figure, axes = plt.subplots(1, 2, figsize=(6, 2.2), layout="tight")
row, feature = np.indices((5, 8))
for axis, (name, marked) in zip(axes, {"batch norm": feature == 2, "layer norm": row == 1}.items(), strict=True):
    axis.pcolormesh(marked, cmap="Blues", vmax=2, edgecolors="gray")
    axis.set(title=f"{name}: one mean over", xlabel="features", ylabel="batch", xticks=(), yticks=())

# %% [markdown]
# Layer norm gives one row the same result whatever else is in the batch, in training as in use. So sequence models
# prefer it: a sentence has any length, and there are no statistics for its thousandth word. Batch norm mixes the rows
# of a batch; this noise restrains a model so well that networks with batch norm often do without dropout. But one
# picture alone has no batch: for use it needs **running averages** of mean and variance, kept as buffers (Lesson 07
# builds them). With those, batch norm is a *fixed* line for each feature, and folds into the linear layer before it.
#
# Why it helps is disputed. Its authors: each layer no longer chases inputs whose distribution shifts with every step
# (*internal covariate shift*). Later measurements: the loss becomes smoother, so that larger steps are safe.
#
# ### Exercise: two norms
# difficulty 3/5 · 15 minutes · cards: layer-or-batch, norm-usage, norm-why, norm-noise, running-averages, fold-norm
#
# - `layer_norm`: over as many of the *last* axes of x as `weight` has; `weight` and `bias` have the sizes of these.
# - `batch_norm`: of (batch, features), as in training: by the mean and variance of this batch.
# - `fold`: a linear layer is $x W^\top + b$, with $W$ of shape (features, in), and a batch norm behind it uses the
#   given running mean and variance. Return the weight and the bias of *one* linear layer that does the work of both.


# %% solution="norms" promises="leaves-inputs, differentiable(x, weight, bias), any-float, by-hand(layer_norm, batch_norm)"
def layer_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Normalised over the last axes, scaled by weight and shifted by bias."""
    ### BEGIN SOLUTION
    axes = tuple(range(-weight.ndim, 0))
    mean, var = x.mean(dim=axes, keepdim=True), x.var(dim=axes, correction=0, keepdim=True)
    return (x - mean) / (var + eps).sqrt() * weight + bias
    ### END SOLUTION


def batch_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Each feature normalised over the batch, scaled by its weight and shifted by its bias."""
    ### BEGIN SOLUTION
    mean, var = x.mean(dim=0), x.var(dim=0, correction=0)
    return (x - mean) / (var + eps).sqrt() * weight + bias
    ### END SOLUTION


def fold(linear_weight, linear_bias, mean, var, weight, bias, eps: float = 1e-5) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight and bias of the linear layer that does the work of both."""
    ### BEGIN SOLUTION
    scale = weight / (var + eps).sqrt()
    return linear_weight * scale[:, None], (linear_bias - mean) * scale + bias
    ### END SOLUTION


# %% tests="norms" points=5
def examples(rng):
    parts = {"weight": rng.tensor(3) + 2, "bias": rng.tensor(3)}
    yield checks.example(layer_norm, {"x": rng.tensor(2, 3), **parts, "eps": 0.1})
    yield checks.example(batch_norm, {"x": rng.tensor(4, 3), **parts, "eps": 0.1})
    linear = {"linear_weight": rng.tensor(3, 2), "linear_bias": rng.tensor(3)}
    yield checks.example(fold, linear | {"mean": rng.tensor(3), "var": rng.tensor(3) ** 2 + 0.5} | parts | {"eps": 0.1})


with checks.check("two numbers, normalised", hint="mean 3 and variance 4: minus one and one", points=1):
    one, zero = torch.ones(2), torch.zeros(2)
    checks.close(layer_norm(torch.tensor([[1.0, 5.0]]), one, zero), [[-1.0, 1.0]], rtol=1e-3)
    checks.close(batch_norm(torch.tensor([[1.0], [5.0]]), one[:1], zero[:1]), [[-1.0], [1.0]], rtol=1e-3)
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check(
    "layer norm over one axis or several", points=1.5, hint="which axes? as many as the weight has, the last"
):
    for shape, axes, eps in (
        ((4, 5), 1, 1e-5),
        ((2, 3, 4), 1, 0.5),
        ((2, 3, 4), 2, 1e-5),
        ((2, 2, 3, 2), 3, 0.1),
        ((6,), 1, 2.0),
    ):
        x, size = 3 * rng.tensor(*shape) + 1, shape[-axes:]
        weight, bias = rng.tensor(*size), rng.tensor(*size)
        right = F.layer_norm(x, size, weight, bias, eps)
        checks.close(
            layer_norm(x, weight, bias, eps), right, rtol=1e-3, atol=1e-4, what=f"{shape}, last {axes}, ε {eps}"
        )
with checks.check("batch norm over the batch", hint="one mean and one variance for each feature"):
    for n, features, eps in ((5, 3, 1e-5), (3, 3, 0.5), (2, 6, 0.1), (40, 1, 1e-5)):
        x, weight, bias = 3 * rng.tensor(n, features) + 1, rng.tensor(features), rng.tensor(features)
        right = F.batch_norm(x, None, None, weight, bias, training=True, eps=eps)
        checks.close(batch_norm(x, weight, bias, eps), right, rtol=1e-3, atol=1e-4, what=f"{n} rows, ε {eps}")
with checks.check(
    "folded into one layer", points=1.5, hint="insert xWᵀ + b into the norm, and sort by what multiplies x"
):
    for features, inside, eps in ((3, 4, 1e-5), (2, 2, 0.7), (5, 1, 0.1), (1, 3, 1e-5)):
        linear = rng.tensor(features, inside), rng.tensor(features)
        mean, var, weight, bias = (rng.tensor(features) for _ in range(4))
        var, x = var.abs() + 0.1, rng.tensor(6, inside)
        right = F.batch_norm(F.linear(x, *linear), mean, var, weight, bias, eps=eps)
        w, b = fold(*linear, mean, var, weight, bias, eps)
        checks.shape(w, features, inside)
        checks.shape(b, features)
        got = x.double() @ checks.doubles(w).T + checks.doubles(b)
        checks.close(got, right, rtol=1e-3, atol=1e-3, what=f"{features} features, ε {eps}")
### END HIDDEN TESTS

# %% [markdown]
# ## 14 · Dropout
#
# A unit that relies on one other unit has learnt a coincidence by heart. **Dropout** prevents this: in training, each
# entry is set to 0 with probability $p$, every time anew; in use, nothing is. To make up for it, survivors are divided
# by $1 - p$. The **proof** that this fits: let $m$ be 1 with probability $1 - p$, else 0; then $m^2 = m$, and
#
# $$E\Bigl[\frac{m\,x}{1-p}\Bigr] = \frac{(1-p)\,x}{1-p} = x \qquad\qquad
# \text{Var}\Bigl[\frac{m\,x}{1-p}\Bigr] = \frac{(1-p)\,x^2}{(1-p)^2} - x^2 = \frac{p}{1-p}\,x^2$$
#
# The next layer sees the right signal on average, with noise, the more the larger $p$. The entries are dropped
# *independently*, so for a unit behind the dropout, $\sum_i w_i x_i$, means and variances add up.
#
# ### Exercise: dropout
# difficulty 3/5 · 12 minutes · cards: dropout, dropout-scale, dropout-twice
#
# - `dropout`: entries of x, of any shape and float type, in the same type; `p` from 0 to 1, both included (with 1
#   nothing survives). Outside of training the result is x. Gradients flow back to x in either case.
# - `joint_rate`: the rate of the *one* dropout that does what several in a row do. **Predict** it for 0.5 and 0.5.
# - `effect`: mean and variance of $\sum_i w_i x_i$ after dropout of x with $p < 1$, by the proof and not by trying.


# %% solution="dropout" promises="random, leaves-inputs, tensor(dropout), by-hand(dropout)"
def dropout(x: torch.Tensor, p: float, training: bool = True) -> torch.Tensor:
    """x with entries dropped with probability p and the others scaled, if training."""
    ### BEGIN SOLUTION
    if not training or p == 0:
        return x.clone()
    if p == 1:
        return x * 0
    return x * (torch.rand(x.shape) >= p) / (1 - p)
    ### END SOLUTION


def joint_rate(*rates: float) -> float:
    """The rate of the one dropout that does what these do together."""
    ### BEGIN SOLUTION
    return 1 - math.prod(1 - p for p in rates)
    ### END SOLUTION


def effect(w: torch.Tensor, x: torch.Tensor, p: float) -> tuple[float, float]:
    """Mean and variance of w · x when x goes through dropout with p; both have the shape (n,)."""
    ### BEGIN SOLUTION
    return (w @ x).item(), (p / (1 - p) * (w * x).square().sum()).item()
    ### END SOLUTION


# %% tests="dropout" points=5
def examples(rng):
    yield checks.example(dropout, {"x": rng.tensor(40) + 3, "p": 0.5}, of="dropout")


def counted(dropout, p, times):
    """How many of ten ones are dropped, so many times."""
    import torch

    return [int((dropout(torch.ones(10), p) == 0).sum()) for _ in range(times)]


def masked(dropout, x, p):
    """The result, and the slope that reaches each entry of x."""
    x = x.clone().requires_grad_()
    result = dropout(x, p)
    result.sum().backward()
    return result.detach(), x.grad


with checks.check("half of many ones are doubled", hint="what is not dropped is divided by 1 − p", points=0.5):
    checks.equal(set(dropout(torch.ones(200), 0.5).tolist()), {0.0, 2.0})
with checks.check("in use nothing happens; two halves leave a quarter", hint="training or not?", points=0.5):
    checks.close(dropout(torch.tensor([1.0, -2.0]), 0.5, False), [1.0, -2.0])
    checks.close(joint_rate(0.5, 0.5), 0.75)
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("zeros and survivors, and their slopes", hint="a product with the same mask, for value and slope"):
    for p in (0.2, 0.5, 0.9):
        x = rng.tensor(30, 40)
        x = x.sign() * (x.abs() + 0.5)
        got, slope = checks.on_student_side(masked, dropout, x, p)
        checks.close(got, torch.where(got == 0, 0.0, x / (1 - p)), rtol=1e-3, what=f"p = {p}")
        checks.close(slope, (got != 0) / (1 - p), rtol=1e-3, what=f"slopes, p = {p}")
with checks.check("p is the share of zeros, row by row and column by column", hint="each entry by itself, p or 1 − p?"):
    for p in (0.1, 0.35, 0.8):
        gone = dropout(torch.ones(400, 300), p) == 0
        checks.between(float(gone.double().mean()), p - 0.01, p + 0.01)
        for axis, n in ((0, 400), (1, 300)):
            spread = float(gone.double().mean(dim=axis).std()) / math.sqrt(p * (1 - p) / n)
            checks.between(spread, 0.7, 1.3)
    counts = torch.tensor(checks.on_student_side(counted, dropout, 0.5, 400), dtype=torch.float64)
    checks.between(float(counts.std()), 1.25, 1.95)  # √2.5 = 1.58
with checks.check("the ends: nothing dropped, everything dropped", hint="what is 1 / (1 − 1)?", points=0.5):
    x = rng.tensor(20, 30, 20)
    checks.close(dropout(x, 0.0), x)
    checks.close(dropout(x, 1.0), 0 * x)
    checks.close(dropout(x, 1.0, False), x)
    for dtype in (torch.float16, torch.bfloat16, torch.float64):
        for p, training in ((0.5, True), (0.0, True), (1.0, True), (0.5, False)):
            checks.dtype(dropout(x.to(dtype), p, training), dtype)
with checks.check("one dropout for several", hint="when does an entry survive all of them?", points=0.5):
    for rates in ([0.3], [0.2, 0.5, 0.1], [0.9, 0.9], [], [0.4, 1.0], [0.0, 0.25]):
        checks.close(joint_rate(*rates), 1 - math.prod(1 - p for p in rates), rtol=1e-4, what=str(rates))
with checks.check("mean and variance behind a dropout", hint="variances of independent terms add up, each with its w²"):
    for n, p in ((1, 0.5), (4, 0.2), (9, 0.75), (5, 0.0)):
        w, x = rng.tensor(n), rng.tensor(n) - 1
        mean, variance = effect(w, x, p)
        checks.close(mean, w @ x, rtol=1e-3, atol=1e-5, what="mean")
        checks.close(variance, p / (1 - p) * (w**2 * x**2).sum(), rtol=1e-3, atol=1e-6, what="variance")
### END HIDDEN TESTS

# %%
torch.manual_seed(0)
w_unit, x_unit = torch.randn(100), torch.rand(100)
sums = torch.stack([w_unit @ dropout(x_unit, 0.3) for _ in range(4000)]).sort().values
mean, variance = effect(w_unit, x_unit, 0.3)
plt.figure(figsize=(6, 2.4), layout="tight")
plt.hist(sums.numpy(), bins=50, density=True, alpha=0.5, label="4,000 draws")
bell = torch.exp(-((sums - mean) ** 2) / (2 * variance)) / math.sqrt(2 * math.pi * variance)
plt.plot(sums, bell, label="normal, from your effect")
plt.gca().set(title="one unit behind 100 inputs, p = 0.3", xlabel="weighted sum", ylabel="density")
plt.legend(loc="upper right")

# %% [markdown]
# ## 15 · Too little, or too much by heart
#
# Train many models of one kind, each on another sample of the same data. Their mean is off by the **bias**; around it
# they scatter with the **variance**; and the mean squared error, over all models, is bias² + variance (plus noise,
# for noisy answers). A model that is too simple has high bias and **underfits**: even the training loss is high. One
# that is too flexible has high variance and **overfits**: the training loss is low, the validation loss much higher.
# Below, polynomials are fitted to 60 draws of 16 noisy points from the dashed curve. **Predict** which of the degrees
# 1, 3 and 11 has the high bias, and which the high variance. (Red is the median: wild fits would spoil the mean.)

# %%
generator = np.random.default_rng(0)
place, figure = np.linspace(-1, 1, 61), plt.figure(figsize=(9, 2.4), layout="tight")
for number, degree in enumerate((1, 3, 11)):
    axis = figure.add_subplot(1, 3, number + 1, ylim=(-2, 2), title=f"degree {degree}")
    fits = []
    for _ in range(60):
        seen = generator.uniform(-1, 1, 16)
        noisy = np.sin(3 * seen) + generator.normal(0, 0.25, 16)
        fits.append(np.polynomial.Polynomial.fit(seen, noisy, degree, domain=[-1, 1])(place))
        axis.plot(place, fits[-1], color="tab:blue", alpha=0.15)
    axis.plot(place, np.sin(3 * place), "k--", place, np.median(fits, axis=0), "r")

# %% [markdown]
# Against bias: a larger or better suited model, longer training, less restraint. Against variance: more data,
# augmentation, dropout, averaging several models, stopping early, and **penalties** on large weights. With the
# strength $\lambda$ and the slope $g$ of the loss, one step of SGD becomes
#
# | penalty | added to the loss | step |
# |---|---|---|
# | **L2**, ridge, *weight decay* | $\frac{\lambda}{2} \sum w^2$ | $w - \eta\,(g + \lambda w) = (1 - \eta\lambda)\,w - \eta g$: each weight shrinks by the same *factor* |
# | **L1**, lasso | $\lambda \sum \lvert w\rvert$ | $w - \eta\,(g + \lambda\,\text{sign}(w))$: each weight shrinks by the same *amount*; sign(0) is 0 |
#
# So L1 pushes small weights to 0, where the table's step jumps back and forth; L2 hardly touches them. **Soft
# thresholding** steps without penalty, then moves each weight by $t = \eta\lambda \ge 0$ towards 0, and stops *at* 0.
#
# ### Exercise: penalties, bias and variance
# difficulty 3/5 · 12 minutes · cards: l2-step, l1-step, soft-threshold, l1-or-l2, bias-variance, ensemble
#
# Fill the blanks of the two steps, and write the other two. `bias_variance` gets the predictions of several models
# (models, points) and the truth (points,). Return the means over the points; they add up to the mean squared error.


# %% solution="penalties" promises="leaves-inputs, any-float, numbers(bias_variance), differentiable(w)"
def l2_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L2 penalty."""
    return (1 - lr * strength) * w - lr * slope  # ? lr * strength


def l1_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L1 penalty, by the table."""
    return w - lr * slope - lr * strength * torch.sign(w)  # ? lr * strength * torch.sign(w)


def soft_threshold(w: torch.Tensor, t: float) -> torch.Tensor:
    """Every weight moved by t towards 0, and not beyond."""
    ### BEGIN SOLUTION
    return torch.sign(w) * (w.abs() - t).clamp(min=0)
    ### END SOLUTION


def bias_variance(predictions: torch.Tensor, truth: torch.Tensor) -> tuple[float, float]:
    """The mean squared bias and the mean variance."""
    ### BEGIN SOLUTION
    bias = predictions.mean(dim=0) - truth
    return bias.square().mean().item(), predictions.var(dim=0, correction=0).mean().item()
    ### END SOLUTION


# %% tests="penalties" points=4
def examples(rng):
    w = rng.integers(4, low=1, high=5) * rng.choice([0.4, -0.4])  # far from the kinks
    yield checks.example(soft_threshold, {"w": w, "t": 0.2}, of="soft_threshold")
    given = {"w": w, "slope": rng.tensor(4), "lr": 0.1, "strength": 0.5}
    yield checks.example(l2_step, given, of="l2_step")
    yield checks.example(l1_step, given, of="l1_step")
    given = {"predictions": rng.tensor(3, 2), "truth": rng.tensor(2)}
    yield checks.example(lambda predictions, truth: bias_variance(predictions, truth), given, of="bias_variance")


with checks.check("weights of 2 and −1 under both penalties", hint="a factor of 0.9; an amount of 0.1", points=1):
    w, slope = torch.tensor([2.0, -1.0]), torch.tensor([0.0, 1.0])
    checks.close(l2_step(w, slope, 0.1, 1.0), [1.8, -1.0])
    checks.close(l1_step(w, slope, 0.1, 1.0), [1.9, -1.0])
    checks.close(soft_threshold(torch.tensor([2.0, -1.0, 0.3]), 0.5), [1.5, -0.5, 0.0])
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("steps with any strength", hint="both are multiplied by the rate: the slope, and the penalty's"):
    for lr, strength, shape in ((0.1, 2.0, (4,)), (0.5, 0.3, (2, 3)), (0.03, 0.0, (3,)), (1.0, 0.7, ())):
        w, slope = rng.tensor(*shape), rng.tensor(*shape)
        checks.close(l2_step(w, slope, lr, strength), w - lr * (slope + strength * w), rtol=1e-3, atol=1e-5)
        checks.close(l1_step(w, slope, lr, strength), w - lr * (slope + strength * w.sign()), rtol=1e-3, atol=1e-5)
        checks.close(l1_step(0 * w, slope, lr, strength), -lr * slope, rtol=1e-3, atol=1e-5, what="weights of 0")
with checks.check("soft thresholds", hint="the sign stays, the size shrinks by t and stops at 0"):
    for t, shape in ((0.5, (40,)), (0.0, (3,)), (2.0, (5, 6)), (0.1, ())):
        w = rng.tensor(*shape)
        right = torch.where(w > t, w - t, torch.where(w < -t, w + t, 0 * w))
        checks.close(soft_threshold(w, t), right, rtol=1e-4, atol=1e-6, what=f"t = {t}")
        checks.close(soft_threshold(torch.tensor([0.0, t, -t]), t), torch.zeros(3), what=f"0, t and −t, t = {t}")
with checks.check(
    "bias² and variance add up to the error", hint="the mean model against the truth; the models against their mean"
):
    for models, points in ((4, 5), (2, 3), (1, 4), (30, 1)):
        predictions, truth = 2 * rng.tensor(models, points) + 1, rng.tensor(points)
        bias, variance = bias_variance(predictions, truth)
        right = float((predictions.mean(0) - truth).pow(2).mean())
        checks.close(bias, right, rtol=1e-3, atol=1e-6, what="bias²")
        checks.close(
            variance, float((predictions - truth).pow(2).mean()) - right, rtol=1e-3, atol=1e-4, what="variance"
        )
### END HIDDEN TESTS

# %% [markdown]
# Ten stencils again, now under a penalty of either kind. **Predict** which of them leaves blank paper. (A sixth of the
# pixels, at the edge, are blank in every picture: their weights never get a slope and stay 0 in any case.)

# %%
truth, figure = F.one_hot(train_y, 10), plt.figure(figsize=(10, 2.2))
for row, name in enumerate(("L2, 0.01", "L1, 0.001")):
    w_pen = torch.zeros(784, 10)
    for _ in range(device.budget(200)):
        slope = train_x.T @ (torch.softmax(train_x @ w_pen, dim=1) - truth) / 4000
        w_pen = l2_step(w_pen, slope, 0.5, 0.01) if row == 0 else soft_threshold(w_pen - 0.5 * slope, 0.5 * 0.001)
    for digit in range(10):
        axis = figure.add_subplot(2, 10, 10 * row + digit + 1, xticks=(), yticks=(), ylabel="" if digit else name)
        axis.imshow(w_pen[:, digit].reshape(28, 28), cmap="coolwarm", vmin=-0.3, vmax=0.3)
    share = accuracy((valid_x @ w_pen).argmax(1), valid_y)
    print(f"{name}: {(w_pen == 0).float().mean():.0%} of the weights are 0, accuracy {share:.3f}")

# %% [markdown]
# ### In your own words

# %% [markdown] question="old_dropout" points=2
# **The other dropout.** The first paper dropped units in training *without* scaling, and multiplied the weights by
# $1 - p$ for use. Show that the next layer gets the same on average in both. Why do today's libraries scale in
# training?
#
# ### BEGIN MARK SCHEME
# - 1 point: E[m x w] = (1 − p) x w for each input, which is what the weights times 1 − p give in use (scaled in
#   training: both x w).
# - 1 point: then nothing has to be done in use: the model is the plain network, no matter which p it was trained
#   with; p can even change during training.
# - Half an answer: "both are the same" without an expectation: no first point.
# ### END MARK SCHEME

# %% [markdown] question="which_norm" points=2
# **Which norm?** A model with batch norm reads single letters, one at a time, from a camera. Its author forgot
# `model.eval()`. What goes wrong, and why would layer norm not have this problem? Name one reason to use batch norm
# all the same.
#
# ### BEGIN MARK SCHEME
# - 1 point: in training mode the statistics come from the batch; from a single row they are that row itself, so every
#   feature becomes its shift (or torch raises an error), and the running averages are spoilt. Layer norm uses one row
#   only, in both modes.
# - 1 point: one of: its noise regularises; in use it costs nothing, since it folds into the layer before it; in
#   convolutional nets it usually works better.
# - Half an answer: "eval must be called" without what the batch statistics are for one row: no first point.
# ### END MARK SCHEME

# %% [markdown]
# **Now you can** choose a gain, use and fold norms, explain dropout's $1 - p$, and match remedy to disease.
#
# *Further reading:* Ioffe and Szegedy, "Batch Normalization" (2015), arXiv 1502.03167; Santurkar et al., "How Does
# Batch Normalization Help Optimization?" (2018), arXiv 1805.11604; Srivastava et al., "Dropout: A Simple Way to Prevent
# Neural Networks from Overfitting" (2014); Hastie et al., *The Elements of Statistical Learning*, sections 3.4 and 7.3.
