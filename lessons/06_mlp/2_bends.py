# %% [markdown]
# ## 5 · Without a bend, nothing new
#
# **In this part you will** write bends and their slopes, draw any curve with ReLUs, and start a deep network well.
#
# Put a second linear layer on top of the first: $(x W_1 + b_1) W_2 + b_2$ is $x (W_1 W_2) + (b_1 W_2 + b_2)$: *one*
# linear layer, with more numbers to store. However many you stack, the borders between classes stay straight. An
# **activation function** $f$ between the layers, the same for each entry, is what breaks this up.
#
# Layer $l$ computes $z^{(l)} = a^{(l-1)} W_l + b_l$, then its **activation** $a^{(l)} = f(z^{(l)})$; $a^{(0)}$ is
# $x$. For $n$ rows and $d_l$ units: $a^{(l)}$ is $(n, d_l)$, $W_l$ is $(d_{l-1}, d_l)$, $b_l$ is $(d_l,)$.
#
# The oldest bend is a step: a **perceptron** says 1 if $w \cdot x + b > 0$, else 0. With $w = (-2, -2)$ and $b = 3$ it
# computes NAND, from which every circuit can be built. But no straight line parts the four corners of "exactly one of
# two" (XOR). **Predict** what four models make of it: logistic regression, and two layers with no bend, tanh or ReLU.

# %%
corners = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
print("NAND:", ((corners @ torch.tensor([-2.0, -2.0]) + 3) > 0).int().tolist())
kinds = {"one layer": None, "two layers, no bend": nn.Identity(), "tanh between": nn.Tanh(), "ReLU between": nn.ReLU()}
torch.manual_seed(2)
xy = torch.stack(torch.meshgrid(*2 * [torch.linspace(-0.5, 1.5, 101)], indexing="xy"), dim=-1)
figure, axes = plt.subplots(1, 4, figsize=(10, 2.6), layout="tight")
for (name, bend), axis in zip(kinds.items(), axes, strict=True):
    layers = [nn.Linear(2, 8), bend, nn.Linear(8, 1)] if bend else [nn.Linear(2, 1)]
    net = nn.Sequential(*layers, nn.Flatten(0))
    opt = torch.optim.Adam(net.parameters(), lr=0.05)
    for _ in range(device.budget(1500)):
        opt.zero_grad()
        F.binary_cross_entropy_with_logits(net(corners), torch.tensor([0.0, 1.0, 1.0, 0.0])).backward()
        opt.step()
    chance = net(xy.reshape(-1, 2)).sigmoid().detach().reshape(101, 101)
    axis.imshow(chance, origin="lower", extent=(-0.5, 1.5, -0.5, 1.5), cmap="coolwarm", vmin=0, vmax=1)
    axis.scatter(*corners.T, c=[0, 1, 1, 0], cmap="coolwarm", edgecolors="black", s=60)
    axis.set(title=name, xticks=(), yticks=())

# %% [markdown]
# The two on the left are grey: no straight border has a smaller loss than a coin. A step has slope 0, or none: nothing
# can learn through it. A sigmoid is a step with a slope: small changes of weights make small changes of the output.
#
# ## 6 · Three bends and their slopes
#
# | | formula | slope | range |
# |---|---|---|---|
# | sigmoid | $\sigma(x) = \frac{1}{1 + e^{-x}}$ | $\sigma(x)\,(1 - \sigma(x))$, at most 1/4 | 0 to 1 |
# | tanh | $\frac{e^x - e^{-x}}{e^x + e^{-x}} = 2\sigma(2x) - 1$ | $1 - \tanh^2 x$, at most 1 | −1 to 1 |
# | ReLU | $\max(0, x)$ | 0 below zero, 1 above | 0 to ∞ |
#
# The first two slopes can be read off the *output*, already computed. At 0 ReLU has no slope; everybody takes 0.
#
# ### Exercise: bends with slopes
# difficulty 1/5 · 7 minutes · cards: relu, sigmoid-slope, tanh-slope, relu-slope, relu-class, relu-module
#
# Fill the blanks. The first three take numpy arrays; a comparison gives `True` and `False`, which `astype` turns into
# numbers of any dtype. `ReLULayer` is a module for tensors: the larger of each entry and 0. (Our inputs: −30 to 30.)


# %% solution="bends" promises="leaves-inputs, any-float"
class ReLU:
    """The larger of x and 0, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return x * (x > 0)  # ? x > 0

    def slope(self, x: np.ndarray) -> np.ndarray:
        return (x > 0).astype(x.dtype)  # ? x > 0 | astype


class Sigmoid:
    """The logistic sigmoid, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-x))  # ? 1 + np.exp(-x)

    def slope(self, x: np.ndarray) -> np.ndarray:
        y = self(x)  # ? self(x)
        return y * (1 - y)  # ? 1 - y


class Tanh:
    """The hyperbolic tangent, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return np.tanh(x)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return 1 - self(x) ** 2  # ? 1 - self(x) ** 2


class ReLULayer(nn.Module):
    """ReLU as a layer without parameters."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.maximum(x, torch.tensor(0.0))  # ? maximum | x, torch.tensor(0.0)


# %% tests="bends" points=3
def bent(kind, x, slope=False):
    """Values or slopes of a bend at the numbers of a tensor, as a tensor."""
    import torch

    return torch.as_tensor(kind().slope(x.numpy()) if slope else kind()(x.numpy()))


def examples(rng):
    yield checks.example(ReLULayer(), {"x": rng.tensor(3, 2)})
    for kind in (ReLU, Sigmoid, Tanh):
        for slope in (False, True):
            call = lambda x, kind=kind, slope=slope: checks.on_student_side(bent, kind, x, slope)
            yield checks.example(call, {"x": rng.tensor(4)})


with checks.check("at −1, 0 and 2", hint="compare with 0; a slope of ReLU is 0 or 1", points=0.5):
    x = torch.tensor([-1.0, 0.0, 2.0])
    checks.close(checks.on_student_side(bent, ReLU, x), [0.0, 0.0, 2.0])
    checks.close(checks.on_student_side(bent, ReLU, x, True), [0.0, 0.0, 1.0])
with checks.check("a layer for tensors", hint="the larger of two, entry by entry", points=0.5):
    checks.close(ReLULayer()(torch.tensor([[-3.0, 2.0], [0.0, -0.5]])), [[0.0, 2.0], [0.0, 0.0]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
kinds, inputs = ((ReLU, torch.relu), (Sigmoid, torch.sigmoid), (Tanh, torch.tanh)), []
for size, shape in ((2, (5,)), (2, (3, 4)), (12, (4, 5, 2)), (2, ())):
    for dtype in (torch.float32, torch.float64):
        inputs.append((size * rng.tensor(*shape, dtype=dtype)).clamp(-29, 29))
with checks.check("values of any shape", hint="the formulas of the table", points=0.5):
    for x, (kind, bend) in itertools.product(inputs, kinds):
        got = checks.on_student_side(bent, kind, x)
        checks.close(got, bend(x.double()), rtol=1e-5, atol=1e-6, what=f"shape {tuple(x.shape)}")
        checks.dtype(got, x.dtype)
with checks.check("slopes of any shape", hint="sigmoid: y (1 − y), tanh: 1 − y², with y the value"):
    for x, (kind, bend) in itertools.product(inputs, kinds):
        wanted = torch.autograd.functional.vjp(bend, x.double(), torch.ones_like(x, dtype=torch.float64))[1]
        got = checks.on_student_side(bent, kind, x, True)
        checks.close(got, wanted, rtol=1e-5, atol=1e-6, what=f"shape {tuple(x.shape)}")
        checks.dtype(got, x.dtype)
with checks.check("the layer passes slopes on", hint="stay with tensors", points=0.5):
    x = 9 * rng.tensor(8, 9)
    checks.close(ReLULayer()(x), x.clamp(min=0))
    checks.gradient(lambda x: (ReLULayer()(x) ** 2).sum(), x, 2 * x.clamp(min=0), rtol=1e-3)
### END HIDDEN TESTS

# %% [markdown]
# **Predict** where each slope has its top, and what is left of it at 5. Then multiply ten such slopes.

# %%
x = np.linspace(-6, 6, 241)
figure, axes = plt.subplots(1, 3, figsize=(9, 2.4), layout="tight")
for bend, axis in zip((Sigmoid(), Tanh(), ReLU()), axes, strict=True):
    axis.plot(x, bend(x), x, bend.slope(x))
    name, best = type(bend).__name__, bend.slope(x).max() ** 10
    axis.set(title=name, ylim=(-1.1, 2))
    print(f"{name:8} slope at 5: {bend.slope(np.array(5.0)):.5f}, ten layers at best: {best:.1g}")
axes[0].legend(("value", "slope"))

# %% [markdown]
# A sigmoid far from 0 is **saturated**: its slope is nearly 0, and ten of them at their very best leave a millionth
# of a slope. ReLU passes a slope on whole or not at all, and costs one comparison. Its weakness is that it can die: a
# unit that is below zero for *every* picture gets no slope, hence never changes again.
#
# ## 7 · Softer bends
#
# Four answers to dying units. **Leaky ReLU** keeps a small slope $\alpha$ below zero. **Parametric ReLU** (PReLU)
# learns $\alpha$, one for each channel. **GELU** multiplies $x$ by the chance $\Phi(x)$ that a standard normal number
# is below $x$, so that it passes a share of $x$; **swish** (SiLU for $\beta = 1$) does the same with a sigmoid:
#
# $$\text{gelu}(x) = x\,\Phi(x), \quad \Phi(x) = \tfrac12\bigl(1 + \text{erf}(x/\sqrt2)\bigr) \qquad\qquad \text{swish}(x) = x\,\sigma(\beta x)$$
#
# The slopes follow from the product rule, with the normal density $\Phi'(x) = \varphi(x) = e^{-x^2/2}/\sqrt{2\pi}$.
#
# ### Exercise: four soft bends
# difficulty 3/5 · 15 minutes · cards: leaky-relu, prelu, gelu, swish
#
# Write them for tensors of any shape (`torch.erf` exists), and the two slopes from the formulas on paper. `PReLU` is
# a module whose parameter `weight` has one number a channel, all at `start` to begin with; channels are axis 1 of an
# input (batch, channels) or (batch, channels, height, width), or of any more axes. (At 0 either slope will do.)


# %% solution="smooth" promises="leaves-inputs, differentiable(x, weight), tensor(leaky_relu, PReLU), any-float, by-hand(gelu, silu, leaky_relu, prelu)"
def leaky_relu(x: torch.Tensor, alpha: float) -> torch.Tensor:
    """x above zero, alpha x below; alpha is any number."""
    ### BEGIN SOLUTION
    return torch.where(x > 0, x, alpha * x)
    ### END SOLUTION


class PReLU(nn.Module):
    """Leaky ReLU with a learnt alpha for each channel."""

    def __init__(self, channels: int, start: float = 0.25):
        super().__init__()
        ### BEGIN SOLUTION
        self.weight = nn.Parameter(torch.full((channels,), start))
        ### END SOLUTION

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        ### BEGIN SOLUTION
        alpha = self.weight.reshape(-1, *[1] * (x.ndim - 2))
        return torch.where(x > 0, x, alpha * x)
        ### END SOLUTION


def gelu(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of GELU at x, and its slopes."""
    ### BEGIN SOLUTION
    below = (1 + torch.erf(x / math.sqrt(2))) / 2
    density = torch.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    return x * below, below + x * density
    ### END SOLUTION


def swish(x: torch.Tensor, beta: float = 1.0) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of swish at x, and its slopes."""
    ### BEGIN SOLUTION
    share = torch.sigmoid(beta * x)
    return x * share, share + beta * x * share * (1 - share)
    ### END SOLUTION


# %% tests="smooth" points=5
def examples(rng):
    layer = PReLU(3)
    yield checks.example(layer, {"x": rng.tensor(2, 3)}, leaves={"weight": layer.weight}, of="PReLU")
    yield checks.example(lambda x: leaky_relu(x, 0.2), {"x": rng.tensor(4)}, of="leaky_relu")
    for bend in (gelu, swish):
        yield checks.example(lambda x, bend=bend: bend(x)[0], {"x": rng.tensor(4)})
        yield checks.example(bend, {"both": rng.tensor(4)})


def parametric(kind, x, weight, y):
    """The weight at the start, its name among the parameters, the result with other weights, and all slopes."""
    import torch

    layer = kind(len(weight), 0.75)
    fresh, names = layer.weight.detach().clone(), [name for name, _ in layer.named_parameters()]
    with torch.no_grad():
        layer.weight.copy_(weight)
    x = x.clone().requires_grad_()
    result = layer(x)
    (result * y).sum().backward()
    return fresh, names, result.detach(), x.grad, layer.weight.grad


with checks.check("leaky at −2 and 3", hint="alpha times x below zero", points=0.5):
    checks.close(leaky_relu(torch.tensor([-2.0, 3.0]), 0.1), [-0.2, 3.0])
with checks.check("both smooth ones at 0", hint="half of the slope of a line", points=0.5):
    for values, slopes in (gelu(torch.zeros(2)), swish(torch.zeros(2))):
        checks.close(values, [0.0, 0.0], what="values")
        checks.close(slopes, [0.5, 0.5], what="slopes")
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("leaky with any alpha", hint="above 1 too, and below 0", points=0.5):
    for alpha, shape in ((0.01, (40,)), (0.5, (5, 8)), (2.0, (2, 4, 5)), (-1.0, (40,)), (0.0, (40,))):
        x = 3 * rng.tensor(*shape)
        checks.close(leaky_relu(x, alpha), F.leaky_relu(x, alpha), rtol=1e-4, what=f"alpha {alpha}")
with checks.check("a learnt alpha for each channel", points=1.5, hint="channels are axis 1, whatever comes after them"):
    for shape in ((4, 3), (2, 3, 3, 5), (3, 3, 3), (2, 1, 4)):
        x, y, weight = rng.tensor(*shape), rng.tensor(*shape), rng.tensor(shape[1])
        fresh, names, got, slope_x, slope_w = checks.on_student_side(parametric, PReLU, x, weight, y)
        checks.close(fresh, torch.full((shape[1],), 0.75), what="the weight at the start")
        checks.equal(names, ["weight"], what="the parameters")
        alpha = weight.reshape(1, -1, *[1] * (x.ndim - 2))
        checks.close(got, torch.where(x > 0, x, alpha * x), rtol=1e-4, what=f"shape {shape}")
        checks.close(slope_x, torch.where(x > 0, y, alpha * y), rtol=1e-4, what="the slope of x")
        axes = [axis for axis in range(x.ndim) if axis != 1]
        checks.close(slope_w, (y * x.clamp(max=0)).sum(dim=axes), rtol=1e-3, atol=1e-5, what="the slope of the weight")
with checks.check("GELU and its slope", hint="product rule: Φ + x φ"):
    for shape in ((40,), (5, 8), ()):
        x = (3 * rng.tensor(*shape)).requires_grad_()
        values, slopes = gelu(x.detach())
        checks.close(values, F.gelu(x.detach()), rtol=1e-3, atol=1e-5, what="values")
        checks.close(slopes, torch.autograd.grad(F.gelu(x).sum(), x)[0], rtol=1e-3, atol=1e-5, what="slopes")
with checks.check("swish and its slope, for any beta", hint="the inner derivative brings a beta down"):
    for beta, shape in ((1.0, (40,)), (0.3, (5, 8)), (4.0, (40,)), (-2.0, (8, 5))):
        x = (2 * rng.tensor(*shape)).requires_grad_()
        values, slopes = swish(x.detach(), beta)
        right = x * torch.sigmoid(beta * x)
        checks.close(values, right.detach(), rtol=1e-3, atol=1e-5, what=f"values, beta {beta}")
        checks.close(slopes, torch.autograd.grad(right.sum(), x)[0], rtol=1e-3, atol=1e-5, what=f"slopes, beta {beta}")
### END HIDDEN TESTS

# %% [markdown]
# ## 8 · Any curve, out of corners
#
# One ReLU of $x$ has one corner. A sum of several with different corners and slopes is a line that bends at each
# corner. So a network with one hidden layer, one input and one output can pass through any points. (That such a
# network, if wide enough, comes arbitrarily close to *any* continuous function on a bounded region, is the **universal
# approximation theorem**, for every activation but polynomials. It promises that weights *exist*, not that training
# finds them, nor that few units suffice. Depth often needs far fewer.) Now *write down* weights, without training:
#
# $$\text{net}(x) = b_2 + \sum_j w_{2,j}\,\max(0,\; w_{1,j}\,x + b_{1,j})$$
#
# ### Exercise: through these points
# difficulty 4/5 · 20 minutes · cards: broken-line, universal
#
# Between its first and last knot the net shall join the points (knot, value) by straight lines. The knots increase,
# there are at least two, and at most as many hidden units as knots are allowed. Outside the knots it may do what it
# likes. Return the four parts of the net: three tensors of shape (units,) and `b2`, a tensor of shape ().
#
# hint: Start at the left end with the first value. What must the first unit contribute until the second knot? And what
# must the second unit *change* there?


# %% solution="broken_line" promises="leaves-inputs, tensors, any-float, any-size(two knots)"
def broken_line(knots: torch.Tensor, values: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The weights w1, b1, w2, b2 of a net of ReLUs that passes through all the points."""
    ### BEGIN SOLUTION
    slopes = values.diff() / knots.diff()
    changes = torch.cat([slopes[:1], slopes.diff()])
    return torch.ones_like(changes), -knots[:-1], changes, values[0].clone()
    ### END SOLUTION


# %% tests="broken_line" points=5
def said(knots, values, x):
    """What the net with the student's weights says at x, from its formula; it fails if there are too many units."""
    w1, b1, w2, b2 = broken_line(knots, values)
    checks.true(len(w1) <= len(knots), "there are more hidden units than knots")
    checks.shape(b2)
    w1, b1, w2, b2 = (checks.doubles(part) for part in (w1, b1, w2, b2))
    checks.equal((b1.shape, w2.shape), (w1.shape, w1.shape), what="the shapes of b1 and w2")
    return (x.double()[:, None] * w1 + b1).clamp(min=0) @ w2 + b2


def examples(rng):
    yield checks.example(broken_line, {"knots": torch.tensor([0.0, 1.0, 3.0]), "values": rng.tensor(3)})
    two = {"knots": torch.tensor([1.0, 3.0]), "values": torch.tensor([2.0, 8.0])}
    at_two = lambda knots, values: said(knots, values, torch.tensor([2.0])).to(knots.dtype)
    yield checks.example(at_two, two, size="two knots", right=torch.tensor([5.0]))


with checks.check("up and down again", hint="the slope is 2 up to the second knot, then −1: a change of −3", points=1):
    knots, values = torch.tensor([0.0, 1.0, 3.0]), torch.tensor([1.0, 3.0, 1.0])
    checks.close(said(knots, values, torch.tensor([0.0, 0.5, 1.0, 2.0, 3.0])), [1.0, 2.0, 3.0, 2.0, 1.0], rtol=1e-4)
### BEGIN HIDDEN TESTS
rng = checks.rng()
lines = []
for n, size in ((2, 3), (3, 300), (4, 1e-3), (8, 3), (20, 3)):
    gaps = rng.tensor(n, low=0.3, high=1.5)
    lines.append((gaps.cumsum(0) - 3 * rng.uniform(0, 1) - n / 2, size * rng.tensor(n)))
knots = lines[-1][0]
lines += [(knots, knots + 0.03 * rng.tensor(20)), (knots[:5], torch.tensor([2.0, 2.0, -1.0, -1.0, -1.0]))]
with checks.check("the points themselves", points=2, hint="the first value, then slope after slope"):
    for knots, values in lines:
        near = 3e-4 * float(values.abs().max())
        checks.close(said(knots, values, knots), values, rtol=1e-3, atol=near, what=f"{len(knots)} knots")
with checks.check("everything between the points", points=2, hint="each unit changes the slope at its own knot only"):
    for knots, values in lines:
        x = torch.linspace(float(knots[0]), float(knots[-1]), 50)
        right = np.interp(x.numpy(), knots.numpy(), values.numpy())
        near = 3e-4 * float(values.abs().max())
        checks.close(said(knots, values, x), right, rtol=1e-3, atol=near, what=f"{len(knots)} knots")
### END HIDDEN TESTS

# %%
figure, axes = plt.subplots(1, 3, figsize=(9, 2.2), sharey=True, layout="tight")
x = torch.linspace(0, 6.28, 200)
for units, axis in zip((3, 6, 20), axes, strict=True):
    knots = torch.linspace(0, 6.28, units + 1)
    w1, b1, w2, b2 = broken_line(knots, knots.sin())
    net = (x[:, None] * w1 + b1).clamp(min=0) @ w2 + b2
    axis.plot(x, x.sin(), x, net, "--")
    axis.set_title(f"{len(w1)} ReLUs: off by {(net - x.sin()).abs().max():.3f}")

# %% [markdown]
# ## 9 · A start that keeps signals alive
#
# Zeros were a fine start for one layer. With two, all hidden units would compute the same, get the same slope, and stay
# copies of each other for ever: **symmetry** must be broken by chance. How large may the draws be? A unit adds up $d$
# products $w_i a_i$ of independent numbers with mean 0 (the weights), so its variance is $d \cdot \text{Var}(w) \cdot
# \text{mean}(a^2)$. To keep it the same from layer to layer, weights need a variance of about $1/d$:
#
# | | variance of a weight | for |
# |---|---|---|
# | LeCun | $1/\text{fan}_\text{in}$ | signals forwards |
# | **Xavier** (Glorot) | $2/(\text{fan}_\text{in} + \text{fan}_\text{out})$ | a compromise with slopes backwards, which need $1/\text{fan}_\text{out}$ |
# | **Kaiming** (He) | $2/\text{fan}_\text{in}$ | ReLU, which halves the mean square on the way |
#
# $\text{fan}_\text{in}$ is how many numbers go into one unit, $\text{fan}_\text{out}$ how many units read one input;
# in a convolution both count the kernel's places too. A uniform distribution on $(-r, r)$ has the variance $r^2/3$,
# so Xavier's uniform form takes $r = \sqrt{6/(\text{fan}_\text{in} + \text{fan}_\text{out})}$.
#
# ### Exercise: Xavier and Kaiming
# difficulty 2/5 · 8 minutes · cards: xavier, kaiming, init-conv, init-apply
#
# Fill the blanks. `generator` is numpy's, with `uniform(low, high, size)` and `normal(mean, std, size)`. `start_all`
# starts every `nn.Linear` and `nn.Conv2d` of a net, however deep (all have a bias); other layers stay as they are.


# %% solution="starts" promises="random"
def xavier(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Xavier's uniform weights, of shape (fan_in, fan_out)."""
    limit = np.sqrt(6 / (fan_in + fan_out))  # ? 6 / (fan_in + fan_out)
    return generator.uniform(-limit, limit, (fan_in, fan_out))  # ? -limit, limit


def kaiming(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Kaiming's normal weights, of shape (fan_in, fan_out)."""
    return generator.normal(0, np.sqrt(2 / fan_in), (fan_in, fan_out))  # ? np.sqrt(2 / fan_in)


def start_conv(conv: nn.Conv2d) -> None:
    """Xavier's uniform start for the weight of a convolution, in place; its bias is zero."""
    nn.init.xavier_uniform_(conv.weight)  # ? xavier_uniform_ | conv.weight
    nn.init.zeros_(conv.bias)  # ? conv.bias


def start_all(net: nn.Module) -> None:
    """Kaiming's normal start for every linear layer and convolution in the net, in place, with biases of zero."""

    def start(layer: nn.Module) -> None:
        if isinstance(layer, (nn.Linear, nn.Conv2d)):  # ? nn.Linear | nn.Conv2d
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")  # ? kaiming_normal_
            nn.init.zeros_(layer.bias)

    net.apply(start)  # ? apply | start


# %% tests="starts" points=3
def figures(start, fan_in, fan_out, seed):
    """Shape, standard deviation, largest entry and the share of entries within one standard deviation."""
    import numpy as np

    w = np.asarray(start(fan_in, fan_out, np.random.default_rng(seed)))
    return list(w.shape), float(w.std()), float(abs(w).max()), float((abs(w) < w.std()).mean())


def started(start, kind):
    """For each parameter of a net that was started: name, standard deviation, largest entry, and whether it moved."""
    import torch
    from torch import nn

    conv = nn.Conv2d(16, 24, (5, 3))
    inner = nn.Sequential(nn.Linear(200, 100), nn.BatchNorm1d(100), nn.ModuleDict({"last": nn.Linear(100, 300)}))
    net = conv if kind == "conv" else nn.Sequential(conv, nn.LayerNorm(7), inner)
    with torch.no_grad():
        for p in net.parameters():
            p.fill_(0.5)
    start(net)
    return [(name, float(p.std()), float(p.abs().max()), bool((p != 0.5).any())) for name, p in net.named_parameters()]


def weight_of(start):
    """The weight of a small convolution that was started."""
    import torch

    conv = torch.nn.Conv2d(2, 3, 3)
    start(conv)
    return conv.weight.detach().clone()


def examples(rng):
    yield checks.example(lambda: checks.on_student_side(weight_of, start_conv), {})


with checks.check("Xavier with fans 2 and 4 stays within 1", hint="six over the sum of both fans", points=0.5):
    shape, _, largest, _ = checks.on_student_side(figures, xavier, 2, 4, 0)
    checks.equal(shape, [2, 4])
    checks.between(largest, 0.5, 1.0)
### BEGIN HIDDEN TESTS
rng = checks.rng()
seed = rng.integer(0, 10**6)
with checks.check("Xavier: uniform, by both fans", hint="r² / 3 is the variance", points=0.5):
    for fan_in, fan_out in ((300, 100), (50, 700)):
        right = math.sqrt(2 / (fan_in + fan_out))
        _, std, largest, within = checks.on_student_side(figures, xavier, fan_in, fan_out, seed)
        checks.between(std / right, 0.97, 1.03)
        checks.between(largest / right, 1.7, math.sqrt(3) + 1e-6)
        checks.between(within, 0.55, 0.605)
with checks.check("Kaiming: normal, by the first fan", hint="a deviation is the root of the variance", points=0.5):
    for fan_in, fan_out in ((300, 100), (50, 700)):
        shape, std, largest, within = checks.on_student_side(figures, kaiming, fan_in, fan_out, seed)
        checks.equal(shape, [fan_in, fan_out])
        checks.between(std / math.sqrt(2 / fan_in), 0.97, 1.03)
        checks.true(largest > 3 * std, "no entry is far out: is it a normal distribution?")
        checks.between(within, 0.66, 0.705)
with checks.check("a convolution", hint="the function ends in an underscore, and takes the weight", points=0.5):
    (_, std, largest, _), (_, _, bias, _) = checks.on_student_side(started, start_conv, "conv")
    limit = math.sqrt(6 / (15 * 16 + 15 * 24))
    checks.between(std * math.sqrt(3) / limit, 0.95, 1.05)
    checks.between(largest / limit, 0.98, 1 + 1e-6)
    checks.equal(bias, 0.0, what="the largest bias")
with checks.check("every layer of a net, and no norm", hint="apply calls a function on every module inside"):
    fans = {"0.weight": 15 * 16, "2.0.weight": 200, "2.2.last.weight": 100}
    for name, std, largest, moved in checks.on_student_side(started, start_all, "net"):
        if name in fans:
            checks.between(std * math.sqrt(fans[name] / 2), 0.95, 1.05)
            checks.true(largest > 3 * std, f"{name} has no entry far out: is it a normal distribution?")
        elif name in ("1.weight", "1.bias", "2.1.weight", "2.1.bias"):
            checks.true(not moved, f"{name} belongs to a norm and was changed")
        else:
            checks.equal(largest, 0.0, what=f"the largest entry of {name}")
### END HIDDEN TESTS

# %% [markdown]
# **Now you can** bend signals in seven ways and say how steeply, write down a net for any curve, and start one well.
#
# *Further reading:* Nielsen, *Neural Networks and Deep Learning*, chapters 1 and 4; Glorot and Bengio, "Understanding
# the difficulty of training deep feedforward neural networks" (2010); He et al., "Delving Deep into Rectifiers" (2015),
# arXiv 1502.01852 (PReLU and Kaiming); Hendrycks and Gimpel, "Gaussian Error Linear Units" (2016), arXiv 1606.08415.
