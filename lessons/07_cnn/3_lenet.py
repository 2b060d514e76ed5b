# %% [markdown]
# ## 7 · And larger again
#
# **In this part you will** make maps larger again, keep numbers in shape by batch norm, and put the parts together into
# LeNet.
#
# Some networks must give back a picture: a drawing, or a label for each pixel. They need a layer that makes maps
# *larger*. A **transposed convolution** does everything backwards: where a convolution collects a window into one
# number, it takes one number and *stamps* a whole kernel, scaled by that number. The next number stamps `stride` pixels
# further on, and where stamps overlap they add up. A `padding` is cut off from the result at all sides.

# %%
dots = torch.zeros(1, 1, 3, 3)
dots[0, 0, 0, 0], dots[0, 0, 1, 1], dots[0, 0, 2, 2], dots[0, 0, 2, 1] = 1.0, 0.5, 1.0, 0.7
round_stamp = torch.tensor([[0.2, 0.6, 0.2], [0.6, 1.0, 0.6], [0.2, 0.6, 0.2]])[None, None]
stamped = [F.conv_transpose2d(dots, round_stamp, stride=stride)[0, 0] for stride in (3, 2)]
show([dots[0, 0], *stamped], ["in", "stamps of 3, stride 3", "stamps of 3, stride 2"], size=2.5, signed=True)

# %% [markdown]
# ### Exercise: stamps
# difficulty 4/5 · 15 minutes · cards: transposed-conv, transposed-matches
#
# Write it. Mind the shape of the kernels, which is turned round too: (in_channels, out_channels, kh, kw).
#
# hint: A canvas of zeros first: how large must it be for the last stamp? Then two loops over the pixels of `x`.
#
# hint: One pixel has shape (batch, in). Together with the kernels it makes stamps of shape (batch, out, kh, kw): which
# axis do both have, and is added up?


# %% solution="conv_transpose2d" promises="leaves-inputs, differentiable(x, kernels), tensor"
# promises: by-hand(conv, convolution_backward)
def conv_transpose2d(x: torch.Tensor, kernels: torch.Tensor, stride: int = 1, padding: int = 0) -> torch.Tensor:
    """(batch, in, height, width) and kernels (in, out, kh, kw) to (batch, out, rows, columns)."""
    ### BEGIN SOLUTION
    height, width = x.shape[2:]
    out, kh, kw = kernels.shape[1:]
    rows, columns = (height - 1) * stride + kh, (width - 1) * stride + kw
    canvas = x.new_zeros(len(x), out, rows, columns)
    for i in range(height):
        for j in range(width):
            stamp = torch.einsum("bc,cokl->bokl", x[:, :, i, j], kernels)
            canvas[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] += stamp
    return canvas[:, :, padding : rows - padding, padding : columns - padding]
    ### END SOLUTION


# %% [markdown] explains="conv_transpose2d"
# The last stamp begins at `(height - 1) * stride` and is `kh` high, so the canvas is that much. `height * stride` would
# fit only where the stamps stand exactly side by side. `+=` because stamps add up where they overlap: 1 and 10 with the
# kernel (1, 2) give 1, 2 + 10, 20. The padding is cut off at the very end and on all sides; `rows - padding` as the end
# of the slice also works for a padding of 0, where `-padding` would leave nothing.
#
# Why this shape of the kernels? The layer is the *transpose* of a convolution: there, kernels (out, in, kh, kw) take
# `in` channels to `out`; here the same kernels take them back, so what came out now goes in. Nothing is turned round
# within a kernel. It is no inverse: sizes return, values do not. And it is what autograd computes when a gradient flows
# back through a convolution.


# %% tests="conv_transpose2d" points=5
def examples(rng):
    x, kernels = rng.tensor(2, 2, 3, 4), rng.tensor(2, 3, 2, 3)
    yield checks.example(conv_transpose2d, {"x": x, "kernels": kernels, "stride": 2, "padding": 1})


with checks.check("two stamps beside each other", hint="each pixel stamps the kernel, times its value"):
    x = torch.tensor([[[[1.0, 10.0]]]])
    checks.close(conv_transpose2d(x, torch.tensor([[[[1.0, 2.0]]]]), stride=2), [[[[1.0, 2.0, 10.0, 20.0]]]])
with checks.check("two stamps that overlap", hint="what is there already must not be lost"):
    checks.close(conv_transpose2d(x, torch.tensor([[[[1.0, 2.0]]]])), [[[[1.0, 12.0, 20.0]]]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
x, k = rng.tensor(2, 3, 4, rng.integer(5, 6)), rng.tensor(3, 2, 4, 3)
with checks.check("any channels, any stride", hint="the stride moves the stamps, not the pixels within one"):
    for stride in (1, 2, 5):
        checks.close(conv_transpose2d(x, k, stride), F.conv_transpose2d(x, k, stride=stride), rtol=1e-4, atol=1e-5)
with checks.check("padding is cut off", hint="from all four sides, at the end"):
    for pictures, stride, padding in ((x, 2, 1), (x.transpose(2, 3), 3, 1), (x, 5, 3)):
        got = conv_transpose2d(pictures, k, stride, padding)
        checks.close(got, F.conv_transpose2d(pictures, k, stride=stride, padding=padding), rtol=1e-4, atol=1e-5)
with checks.check("it is the transpose of the convolution", hint="both must have the same kernels, in the same places"):
    y, z = rng.tensor(1, 2, 8, 11), rng.tensor(1, 3, 4, 6)
    there_and_back = (conv_transpose2d(z, k, 2, 1) * y).sum()
    checks.close(there_and_back, (z * F.conv2d(y, k, stride=2, padding=1)).sum(), rtol=1e-3, atol=1e-3)
### END HIDDEN TESTS

# %% [markdown]
# ## 8 · Keep the numbers in shape
#
# Deep networks train badly when the numbers in them grow or shrink from layer to layer. **Batch norm** looks after
# that. For each channel it takes the mean $\mu$ and the variance $\sigma^2$ over *all pictures of the batch and all
# pixels*, and makes
#
# $$y = \gamma\,\frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}} + \beta$$
#
# where $\gamma$ (`weight`, starts at 1) and $\beta$ (`bias`, starts at 0) are learnt, one of each for each channel.
# So the network can undo the normalising where that serves it.
#
# There is a catch. When the network is used later, there may be one picture and no batch. So while training, the layer
# keeps *moving averages* on the side, and in evaluation mode it uses those:
#
# `running = (1 - momentum) * running + momentum * (value of this batch)`
#
# They start at mean 0 and variance 1. One detail matters for small batches: in the formula above the variance divides
# by n, and for the moving average it divides by n − 1, where n is batch · height · width, at least 2 while training.
#
# ### Exercise: batch norm
# difficulty 4/5 · 15 minutes · cards: batch-norm-axes, batch-norm-modes, batch-norm-buffers
#
# Write the layer from means and variances, without torch's batch norm. The moving averages belong to the model, and are
# saved with it, but no gradient changes them: make them *buffers*, by `self.register_buffer("running_mean", tensor)`,
# and `running_var` likewise. All four, `weight`, `bias` and the averages, have the shape (channels,). `self.training`
# says in which mode the layer is.
#
# hint: `x.mean(dim=(0, 2, 3))` has one number a channel. To calculate with x, it needs the shape (1, channels, 1, 1).
#
# hint: The moving averages must not become part of the graph: update them with `torch.no_grad()`, or from
# `mean.detach()`.


# %% solution="BatchNorm" promises="leaves-inputs, differentiable(x, weight, bias), tensor, by-hand(batch_norm)"
class BatchNorm(nn.Module):
    """Normalises each channel of (batch, channels, height, width), as nn.BatchNorm2d does."""

    def __init__(self, channels: int, eps: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        ### BEGIN SOLUTION
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        ### END SOLUTION

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        ### BEGIN SOLUTION
        mean, var = self.running_mean, self.running_var
        if self.training:
            axes = (0, 2, 3)
            mean, var = x.mean(dim=axes), x.var(dim=axes, correction=0)
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(x.var(dim=axes), self.momentum)
        scale = self.weight / (var + self.eps).sqrt()
        return (x - mean[:, None, None]) * scale[:, None, None] + self.bias[:, None, None]
        ### END SOLUTION


# %% [markdown] explains="BatchNorm"
# One mean for each *channel*, so all axes but the channel disappear: (0, 2, 3). A mean over the batch alone would give
# every pixel statistics of its own; over all axes, one strong channel would drown the others. `[:, None, None]` brings
# the (channels,) numbers in front of rows and columns.
#
# There are two variances. The one in the formula divides by n, since it describes this batch. The moving average wants
# to estimate the variance of all pictures to come, so it divides by n − 1. Pixels 1 and 3: the variances are 1 and 2,
# so after one batch the average is $0.9 \cdot 1 + 0.1 \cdot 2 = 1.1$. Momentum is the share of the *new* value,
# contrary to what the word means in an optimiser. The gradient has to flow through mean and variance, as both depend on
# `x`; only the averages are kept out of the graph. As buffers they are saved and moved to a GPU with the model, and no
# optimiser gets hold of them.


# %% tests="BatchNorm" points=6
def examples(rng):
    layer = BatchNorm(2)
    leaves = {"weight": layer.weight, "bias": layer.bias}
    yield checks.example(layer, {"x": rng.tensor(3, 2, 2, 3)}, leaves=leaves)


def life(layer_class, batches, picture, weight, bias, **options):
    """All that can be seen of a layer that trains on batches and is then used for one picture."""
    import torch

    layer = layer_class(weight.shape[0], **options)
    fresh = {name: value.clone() for name, value in layer.state_dict().items()}
    with torch.no_grad():
        layer.weight.copy_(weight)
        layer.bias.copy_(bias)
    outputs = [layer(batch).detach() for batch in batches]
    layer.eval()
    used = [layer(picture).detach() for _ in range(2)]
    keys = ("weight", "bias", "running_mean", "running_var")
    saved = layer.state_dict()
    learnt = sorted(name for name, _ in layer.named_parameters())
    return outputs, used, [saved[key].clone() for key in keys], [fresh[key] for key in keys], learnt


def slopes(layer_class, x, y):
    """The gradients of a training step for input, weight and bias, and whether autograd watches the averages."""
    x = x.clone().requires_grad_()
    layer = layer_class(x.shape[1])
    (layer(x) * y).sum().backward()
    watched = layer.running_mean.requires_grad or layer.running_var.requires_grad
    return [x.grad, layer.weight.grad, layer.bias.grad], watched


one, nothing = torch.ones(1), torch.zeros(1)
pair = torch.tensor([[[[1.0]]], [[[3.0]]]])
with checks.check("two pixels of one channel", hint="take away the mean, divide by the root of the variance"):
    checks.close(
        checks.on_student_side(life, BatchNorm, [pair], pair, one, nothing, eps=3.0)[0][0], [[[[-0.5]]], [[[0.5]]]]
    )
with checks.check(
    "averages begin at 0 and 1, and move a tenth of the way",
    hint="after one batch: 0.9 old, 0.1 new; which variance goes in?",
):
    _, _, saved, fresh, _ = checks.on_student_side(life, BatchNorm, [pair], pair, one, nothing)
    checks.close(fresh, [[1.0], [0.0], [0.0], [1.0]])
    checks.close(saved[2:], [[0.2], [1.1]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
channels = rng.integer(3, 4)
batches = [rng.tensor(3, channels, 4, 2) * rng.uniform(2, 3) + rng.uniform(1, 2) for _ in range(3)]
picture, weight, bias = rng.tensor(1, channels, 4, 5), rng.tensor(channels), rng.tensor(channels)
options = {"eps": rng.uniform(0.1, 0.5), "momentum": rng.uniform(0.2, 0.4)}
right = life(nn.BatchNorm2d, batches, picture, weight, bias, **options)
with checks.check(
    "training on several batches", hint="one mean a channel, over batch and pixels; then weight and bias"
):
    outputs, _, _, _, learnt = checks.on_student_side(life, BatchNorm, batches, picture, weight, bias, **options)
    for got, expected in zip(outputs, right[0], strict=True):
        checks.close(got, expected, rtol=1e-3, atol=1e-4)
    checks.equal(learnt, ["bias", "weight"], what="the names of its parameters")
with checks.check("the moving averages afterwards", hint="momentum belongs to the new value; n - 1 for the variance"):
    _, _, saved, _, _ = checks.on_student_side(life, BatchNorm, batches, picture, weight, bias, **options)
    checks.close(saved[2], right[2][2], rtol=1e-4, atol=1e-5)
    checks.close(saved[3], right[2][3], rtol=1e-4, atol=1e-5)
with checks.check("one picture in evaluation mode, twice", hint="evaluation uses the averages, and leaves them alone"):
    _, used, _, _, _ = checks.on_student_side(life, BatchNorm, batches, picture, weight, bias, **options)
    for got, expected in zip(used, right[1], strict=True):
        checks.close(got, expected, rtol=1e-3, atol=1e-4)
with checks.check("gradients flow through mean and variance; eps is small", hint="detach nothing but the averages"):
    x, y = rng.tensor(3, channels, 2, 2) * 0.01, rng.tensor(3, channels, 2, 2)
    expected, _ = slopes(nn.BatchNorm2d, x, y)
    found, watched = checks.on_student_side(slopes, BatchNorm, x, y)
    checks.true(watched is False, "the moving averages are part of the graph: autograd watches them")
    for got, slope in zip(found, expected, strict=True):
        checks.close(got, slope, rtol=1e-2, atol=1e-3 * float(slope.abs().max()))
### END HIDDEN TESTS

# %% [markdown]
# ## 9 · LeNet
#
# All the parts are there. In the 1990s Yann LeCun and others put them together into a network that read the
# numbers on bank cheques, **LeNet-5**. Ours differs from it in small things: ReLU, max pooling, and no half-connected
# layer.
#
# ```
# (1, 28, 28)  conv1 5×5, padding 2  →  (6, 28, 28)   ReLU, pool 2  →  (6, 14, 14)
#              conv2 5×5             →  (16, 10, 10)  ReLU, pool 2  →  (16, 5, 5)
#              flatten  →  400   fc1, ReLU  →  120   fc2, ReLU  →  84   fc3  →  10 scores
# ```
#
# **Predict** before you count: which of the five layers holds most of the weights?
#
# ### Exercise: LeNet
# difficulty 2/5 · 12 minutes · cards: lenet, conv-relu-pool, breakpoint, sparse-shared, three-ideas
#
# Fill the blanks, with the sizes from the drawing. One line is for the day when shapes do not fit: with `look=True` the
# network stops in front of `flatten` and lets you look around. Python's built-in `breakpoint()` does that (older code
# says `import pdb; pdb.set_trace()`). At its prompt you can print `x.shape`, go on by `c` or leave by `q`.
# (Making the network draws its weights; calling it draws nothing and leaves no trace.)
#
# hint: The numbers behind the arrows are (channels, height, width). What does `flatten` make of the last of them?


# %% solution="LeNet" promises="leaves-inputs, tensor, no-trace"
class LeNet(nn.Module):
    """Scores (batch, 10) of pictures (batch, 1, 28, 28)."""

    def __init__(self, look: bool = False):
        super().__init__()  # ? super()
        self.look = look
        self.conv1 = nn.Conv2d(1, 6, kernel_size=5, padding=2)  # ? nn.Conv2d | 1 | 2
        self.conv2 = nn.Conv2d(6, 16, kernel_size=5)  # ? 6 | 16
        self.pool = nn.MaxPool2d(2)  # ? nn.MaxPool2d | 2
        self.fc1 = nn.Linear(16 * 5 * 5, 120)  # ? nn.Linear | 16 * 5 * 5
        self.fc2 = nn.Linear(120, 84)  # ? 120
        self.fc3 = nn.Linear(84, 10)  # ? 84 | 10

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.pool(F.relu(self.conv1(x)))  # ? self.pool | F.relu | self.conv1
        x = self.pool(F.relu(self.conv2(x)))  # ? self.conv2
        if self.look:
            breakpoint()  # ? breakpoint
        x = x.flatten(1)  # ? flatten(1)
        x = F.relu(self.fc1(x))  # ? F.relu
        x = F.relu(self.fc2(x))  # ? self.fc2
        return self.fc3(x)  # ? self.fc3


# %% [markdown] explains="LeNet"
# Follow one picture: padding 2 gives back what a kernel of 5 takes, 28 → 28; pooled, 14; the second convolution has no
# padding, 10; pooled, 5. So 16 maps of 5 × 5 arrive, 400 numbers, and the first dense layer holds 48,120 of all 61,706
# parameters. That is where most networks of the time kept their weights, and what global average pooling later did away
# with.
#
# No ReLU behind the last layer. Scores are compared, and the loss takes their softmax: with all negative scores cut to
# 0, the network could no longer say that a class is *less* likely than another, and their gradients would be gone.
# `flatten(1)` keeps the batch; `flatten()` would make one row of all its pictures. Without `super().__init__()` a
# module cannot register its layers, and PyTorch says so at the first one.


# %% tests="LeNet" points=5
def examples(rng):
    yield checks.example(LeNet(), {"x": rng.tensor(2, 1, 28, 28)})


def studied(net_class, x, look, weights):
    """The shapes of the network's parameters, its scores with these weights, and what it holds where it stops."""
    import pdb
    import sys

    import torch

    stops, before = [], (sys.breakpointhook, pdb.set_trace)

    def look_around(*_, **__):
        held = sys._getframe(1).f_locals.values()
        stops.append(sorted({tuple(value.shape) for value in held if isinstance(value, torch.Tensor)}))

    sys.breakpointhook = pdb.set_trace = look_around
    try:
        net = net_class(look)
        with torch.no_grad():
            for name, p in net.named_parameters():
                if name in weights:
                    p.copy_(weights[name])
            return {name: tuple(p.shape) for name, p in net.named_parameters()}, net(x), stops
    finally:
        sys.breakpointhook, pdb.set_trace = before


def by_hand(p, x):
    """The same scores from torch's functions and the parameters p."""
    for k, padding in (("1", 2), ("2", 0)):
        x = F.max_pool2d(F.conv2d(x, p[f"conv{k}.weight"], p[f"conv{k}.bias"], padding=padding).clamp(0), 2)
    x = x.flatten(1)
    for k in "12":
        x = F.linear(x, p[f"fc{k}.weight"], p[f"fc{k}.bias"]).clamp(0)
    return F.linear(x, p["fc3.weight"], p["fc3.bias"])


with checks.check("ten scores for each picture", hint="compare each layer's sizes with the drawing"):
    checks.shape(checks.on_student_side(studied, LeNet, torch.rand(3, 1, 28, 28), False, {})[1], 3, 10)
with checks.check("61,706 parameters", hint="which layer has too many or too few? print p.shape for each"):
    shapes = checks.on_student_side(studied, LeNet, torch.rand(3, 1, 28, 28), False, {})[0]
    checks.equal(sum(torch.Size(shape).numel() for shape in shapes.values()), 61706)
### BEGIN HIDDEN TESTS
rng = checks.rng()
x = 9 * rng.tensor(4, 1, 28, 28)
with checks.check("the right weights in the right places", hint="follow the drawing, arrow by arrow", points=2):
    layers = {"conv1": (6, 1, 5, 5), "conv2": (16, 6, 5, 5), "fc1": (120, 400), "fc2": (84, 120), "fc3": (10, 84)}
    weights = {}
    for name, shape in layers.items():
        weights[f"{name}.weight"] = rng.tensor(*shape) / max(torch.Size(shape[1:]).numel(), 9) ** 0.5
        weights[f"{name}.bias"] = rng.tensor(shape[0])
    shapes, scores, _ = checks.on_student_side(studied, LeNet, x, False, weights)
    checks.equal(shapes, {name: tuple(value.shape) for name, value in weights.items()})
    checks.close(scores, by_hand(weights, x), rtol=1e-3, atol=1e-3)
    _, scores, _ = checks.on_student_side(studied, LeNet, x[:1], False, weights)
    checks.close(scores, by_hand(weights, x[:1]), rtol=1e-3, atol=1e-3, what="the scores of a single picture")
with checks.check("it stops only when it should, before flatten", hint="look=False must not stop anybody"):
    stops = checks.on_student_side(studied, LeNet, x, True, {})[2]
    checks.equal(len(stops), 1, what="how often it stops")
    there = [list(shape) for shape in stops[0]]
    checks.true([4, 16, 5, 5] in there, "where it stops there are no maps of 16 channels, 5 by 5")
    checks.true([4, 400] not in there, "where it stops the maps are flat already")
    checks.equal(len(checks.on_student_side(studied, LeNet, x, False, {})[2]), 0, what="its stops with look=False")
### END HIDDEN TESTS

# %% [markdown]
# **Now you can** write a transposed convolution, a batch norm that knows its two modes, and the network that read bank
# cheques.
