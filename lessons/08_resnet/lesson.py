# %% [markdown]
# # Residual networks, and how to reuse them
# More layers should never hurt. In practice they did, until somebody let the signal step around them. You will build
# that idea from its smallest form up to ResNet-34, prove to yourself that yours is the same network as torchvision's,
# number for number, and then learn what most people do with such a network: take one that is trained already, give it
# a new head, and fine-tune it.
#
# **How to read this notebook.** Before you run a cell, say what you expect to see. Then run it and look. Cells that
# read `# YOUR CODE HERE` or `____` are yours; the cell below each of them tells you how far you got. If an exercise
# will not come out, go on: the next one does not need it.

# %% setup
import copy
import math
from functools import partial

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
import torchvision
from torch import nn

from course import checks, data, device

# %% setup
digits = data.best_mnist()  # the 5,000 digits of this course, or all 70,000 if they are here
where = device.pick().torch_device  # a GPU, if there is one
reached: dict[str, float] = {}  # how well each network does, for a table near the end


class Tower(nn.Module):
    """Many equal dense layers with batch norm on top of each other, with or without a way around each."""

    def __init__(self, depth, shortcuts, width=32):
        super().__init__()
        self.shortcuts, self.enter, self.leave = shortcuts, nn.Linear(196, width), nn.Linear(width, 10)
        layers = [nn.Sequential(nn.Linear(width, width, bias=False), nn.BatchNorm1d(width)) for _ in range(depth)]
        self.layers = nn.ModuleList(layers)

    def forward(self, x):
        x = self.enter(x).relu()
        for layer in self.layers:
            x = (layer(x) + x).relu() if self.shortcuts else layer(x).relu()
        return self.leave(x)


def climb(tower, x, y, steps):
    """The training losses of so many steps with mini-batches of 64."""
    opt = torch.optim.SGD(tower.parameters(), lr=0.02, momentum=0.9)
    losses = []
    for _ in range(steps):
        rows = torch.randint(len(x), (64,))
        loss = F.cross_entropy(tower(x[rows]), y[rows])
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% setup
def random_state(module, rng):
    """What the tests load into your networks: random numbers for a whole state_dict; variances are positive."""
    state = module.state_dict()
    for name, value in state.items():
        if value.is_floating_point():
            low, high = (0.5, 2.0) if name.endswith("var") else (-1.0, 1.0)
            state[name] = rng.tensor(*value.shape, low=low, high=high)
    return dict(state)


# %%
small_x, small_y = F.avg_pool2d(digits.train_x[:, None], 2).flatten(1)[:4000], digits.train_y[:4000]
kinds = {"4 layers": (4, False), "40 layers": (40, False), "40 layers with shortcuts": (40, True)}
plt.figure(figsize=(6.5, 3))
for name, (depth, shortcuts) in kinds.items():
    torch.manual_seed(0)
    losses = torch.tensor(climb(Tower(depth, shortcuts), small_x, small_y, device.budget(300)))
    plt.plot(losses.unfold(0, 20, 1).mean(dim=1), label=name)  # each point the mean of 20 steps
plt.ylabel("training loss")
plt.xlabel("step")
plt.legend()
plt.tight_layout()

# %% [markdown]
# Three networks learn the ten digits. All have the same width, the same optimiser, the same batch norm. Ten times as
# many layers make it *worse*, and by a lot: the plain deep tower hardly gets away from $\log 10 = 2.3$, which is pure
# guessing. The third network has exactly as many parameters as the second. It differs by one `+ x` in each layer.
#
# Note what is drawn: the loss on the *training* pictures. A network that overfits has a low training loss and a high
# validation loss. This one cannot even fit what it sees. The name for that is **degradation**.
#
# ## 1 · What a deep network could do, and does not
#
# Kaiming He and three colleagues made this argument in 2015, in *Deep Residual Learning for Image Recognition*. Take
# a shallow network that works. Put more layers on top that hand on what they get, unchanged. The deeper network then
# makes the very same predictions. So a deeper network exists that is *at least as good*. If training ends with a
# worse one, then the trouble is not what the network can say but that the optimiser does not find it.
#
# Can a convolution hand on its input at all? It can, with the right weights.
#
# ### Exercise: a layer that changes nothing
# difficulty 2/5 · 6 minutes · cards: degradation, identity-argument, why-deep-nets-failed, resnet-paper
#
# Make a 3×3 convolution without bias, from `channels` to `channels`, that returns exactly what it is given, at the
# same height and width. It stays a normal layer, whose weights can be trained.
#
# hint: `conv.weight` has shape (out, in, 3, 3). Output channel number i should look at input channel number i and at
# no other, and only at the pixel in the middle of its window.
#
# hint: Change weights in place under `torch.no_grad()`, or look for a suitable function in `nn.init`.


# %% solution="identity_conv"
def identity_conv(channels: int) -> nn.Conv2d:
    """A 3x3 convolution without bias that hands on its input: (batch, channels, h, w) in and out."""
    ### BEGIN SOLUTION
    conv = nn.Conv2d(channels, channels, kernel_size=3, padding=1, bias=False)
    nn.init.dirac_(conv.weight)
    return conv
    ### END SOLUTION


# %% tests="identity_conv" points=3
def apply_conv(identity_conv, channels, x):
    """What comes out, the shape of the weights, and whether there is a bias and anything to train."""
    conv = identity_conv(channels)
    facts = {"weight": tuple(conv.weight.shape), "no bias": conv.bias is None, "trains": conv.weight.requires_grad}
    return conv(x).detach(), facts


with checks.check(
    "two channels come out as they went in", hint="which of the 2×2×3×3 weights are one, and what keeps the size?"
):
    x = torch.arange(32.0).reshape(1, 2, 4, 4)
    checks.close(checks.there(apply_conv, identity_conv, 2, x)[0], x)
### BEGIN HIDDEN TESTS
rng = checks.rng()
channels = rng.integer(3, 6)
x = rng.tensor(2, channels, rng.integer(4, 6), rng.integer(7, 9))
with checks.check("any number of channels, any size", hint="the padding keeps height and width; channels do not mix"):
    checks.close(checks.there(apply_conv, identity_conv, channels, x)[0], x)
with checks.check(
    "a 3×3 convolution without bias, and trainable", hint="look at kernel_size, bias and weight.requires_grad"
):
    got, facts = checks.there(apply_conv, identity_conv, channels, x)
    checks.close(got, x)
    checks.equal(facts, {"weight": (channels, channels, 3, 3), "no bias": True, "trains": True})
### END HIDDEN TESTS


# %% right="identity_conv: zeros and a loop"
def identity_conv(channels):
    conv = nn.Conv2d(channels, channels, 3, padding="same", bias=False)
    with torch.no_grad():
        conv.weight.zero_()
        for i in range(channels):
            conv.weight[i, i, 1, 1] = 1
    return conv


# %% right="identity_conv: an identity matrix in the middle"
def identity_conv(channels):
    weight = torch.zeros(channels, channels, 3, 3)
    weight[:, :, 1, 1] = torch.eye(channels)
    conv = nn.Conv2d(channels, channels, (3, 3), padding=(1, 1), bias=False)
    conv.weight = nn.Parameter(weight)
    return conv


# %% wrong="identity_conv: mixes the channels"
def identity_conv(channels):
    conv = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
    with torch.no_grad():
        conv.weight.zero_()
        conv.weight[:, :, 1, 1] = 1
    return conv


# %% wrong="identity_conv: one in the corner"
def identity_conv(channels):
    conv = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
    with torch.no_grad():
        conv.weight.zero_()
        for i in range(channels):
            conv.weight[i, i, 0, 0] = 1
    return conv


# %% wrong="identity_conv: no padding"
def identity_conv(channels):
    conv = nn.Conv2d(channels, channels, 3, bias=False)
    nn.init.dirac_(conv.weight)
    return conv


# %% wrong="identity_conv: a bias is left"
def identity_conv(channels):
    conv = nn.Conv2d(channels, channels, 3, padding=1)
    nn.init.dirac_(conv.weight)
    return conv


# %% wrong="identity_conv: one by one"
def identity_conv(channels):
    conv = nn.Conv2d(channels, channels, 1, bias=False)
    nn.init.dirac_(conv.weight)
    return conv


# %% wrong="identity_conv: random weights"
def identity_conv(channels):
    return nn.Conv2d(channels, channels, 3, padding=1, bias=False)


# %% wrong="identity_conv: a constant that cannot be trained"
def identity_conv(channels):
    conv = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
    nn.init.dirac_(conv.weight)
    return conv.requires_grad_(False)


# %% [markdown]
# It exists, but it is one point in a huge space, and random weights start far away from it. Four suspects were named
# at the time for deep networks that train badly: overfitting, a bad start (initialisation), gradients that vanish or
# explode, and an optimiser that finds no way. The picture on top clears the first one. Batch norm and careful
# initialisation deal with much of the second and third; they were in our tower, and it still failed.
#
# So He and colleagues made the identity the easy thing to say. Instead of asking some layers for the function $H(x)$
# that is wanted, they ask for the difference to their input, the **residual** $F(x) = H(x) - x$, and add $x$ back by
# a **shortcut**, also called **skip connection**:
#
# ```
#          ┌────────── shortcut: x ───────────┐
#          │                                  ▼
#    x ────┴──► layer ──► ReLU ──► layer ──► (+) ──► ReLU ──►
#               └───── main path: F(x) ────┘
# ```
#
# If nothing is to be done, the layers need only produce zeros, and that is close to where small random weights start.
#
# In the notation of many courses, $a^{[l]}$ is what leaves the ReLU of layer $l$, and $z^{[l]}$ is what goes into it:
#
# $$a^{[l+2]} = g\left(z^{[l+2]} + a^{[l]}\right)$$
#
# Mind the place: the shortcut joins *after* the second layer's weights and *before* its ReLU $g$.
#
# ### Exercise: once around two layers
# difficulty 2/5 · 6 minutes · cards: main-path, skip-formula, which-part-is-the-residual, why-shortcuts
#
# Write the block out for two dense layers with weights `w1`, `b1`, `w2`, `b2`. Fill the blanks.


# %% solution="residual_by_hand"
def residual_by_hand(a: torch.Tensor, w1, b1, w2, b2) -> torch.Tensor:
    """Two dense layers and a shortcut around both: (batch, n) in and out; w1 is (n, hidden), w2 is (hidden, n)."""
    inner = F.relu(a @ w1 + b1)  # ? relu | a @ w1
    z = inner @ w2 + b2  # ? inner | b2
    return F.relu(z + a)  # ? z + a


# %% tests="residual_by_hand" points=3
def one_by_one(a, w1, b1, w2, b2):
    """The same with one multiplication at a time."""
    rows = []
    for row in a.tolist():
        hidden = [sum(x * w for x, w in zip(row, column, strict=True)) for column in w1.T.tolist()]
        hidden = [max(0.0, h + b) for h, b in zip(hidden, b1.tolist(), strict=True)]
        out = [sum(h * w for h, w in zip(hidden, column, strict=True)) for column in w2.T.tolist()]
        rows.append([max(0.0, o + b + x) for o, b, x in zip(out, b2.tolist(), row, strict=True)])
    return torch.tensor(rows)


with checks.check("layers of zeros leave a positive signal alone", hint="which way is left when the weights are zero?"):
    a, zero, none = torch.tensor([[1.0, 2.0], [0.5, 3.0]]), torch.zeros(2, 2), torch.zeros(2)
    checks.close(residual_by_hand(a, zero, none, zero, none), a)
### BEGIN HIDDEN TESTS
rng = checks.rng()
n, hidden = rng.integer(3, 5), rng.integer(6, 8)
a, w1, b1 = rng.tensor(40, n), rng.tensor(n, hidden), rng.tensor(hidden)
w2, b2 = rng.tensor(hidden, n), rng.tensor(n)
with checks.check("any weights", hint="ReLU, second layer, then the shortcut, then ReLU again", points=2):
    checks.close(residual_by_hand(a, w1, b1, w2, b2), one_by_one(a, w1, b1, w2, b2), rtol=1e-4, atol=1e-4)
### END HIDDEN TESTS


# %% right="residual_by_hand: torch.addmm and clamp"
def residual_by_hand(a, w1, b1, w2, b2):
    inner = torch.addmm(b1, a, w1).clamp(min=0)
    z = torch.addmm(b2, inner, w2)
    return torch.clamp(a + z, min=0)


# %% right="residual_by_hand: F.linear and maximum"
def residual_by_hand(a, w1, b1, w2, b2):
    inner = F.linear(a, w1.T, b1)
    inner = torch.maximum(inner, torch.zeros_like(inner))
    total = a + F.linear(inner, w2.T, b2)
    return total * (total > 0)


# %% wrong="residual_by_hand: no shortcut"
def residual_by_hand(a, w1, b1, w2, b2):
    inner = F.relu(a @ w1 + b1)
    z = inner @ w2 + b2
    return F.relu(z)


# %% wrong="residual_by_hand: shortcut after the ReLU"
def residual_by_hand(a, w1, b1, w2, b2):
    inner = F.relu(a @ w1 + b1)
    z = inner @ w2 + b2
    return F.relu(z) + a


# %% wrong="residual_by_hand: no ReLU inside"
def residual_by_hand(a, w1, b1, w2, b2):
    inner = a @ w1 + b1
    z = inner @ w2 + b2
    return F.relu(z + a)


# %% wrong="residual_by_hand: no ReLU at the end"
def residual_by_hand(a, w1, b1, w2, b2):
    inner = F.relu(a @ w1 + b1)
    z = inner @ w2 + b2
    return z + a


# %% wrong="residual_by_hand: takes the input away instead"
def residual_by_hand(a, w1, b1, w2, b2):
    inner = F.relu(a @ w1 + b1)
    z = inner @ w2 + b2
    return F.relu(z - a)


# %% wrong="residual_by_hand: multiplies instead of adding"
def residual_by_hand(a, w1, b1, w2, b2):
    inner = F.relu(a @ w1 + b1)
    z = inner @ w2 + b2
    return F.relu(z * a)


# %% wrong="residual_by_hand: forgets a bias"
def residual_by_hand(a, w1, b1, w2, b2):
    inner = F.relu(a @ w1 + b1)
    z = inner @ w2
    return F.relu(z + a)


# %% [markdown]
# The shortcut helps on the way back too. The slope of $x + F(x)$ is $1 + F'(x)$: whatever the layers do to the
# gradient, an unweakened copy goes past them. **Predict** what the two lines of the next picture do, from the last
# layer (right) down to the first (left).

# %%
plt.figure(figsize=(6.5, 2.6))
for shortcuts in (False, True):
    torch.manual_seed(0)
    tower = Tower(40, shortcuts)
    F.cross_entropy(tower(small_x[:256]), small_y[:256]).backward()
    sizes = [layer[0].weight.grad.norm() for layer in tower.layers]
    plt.semilogy(sizes, label="with shortcuts" if shortcuts else "plain")
plt.xlabel("layer")
plt.ylabel("size of the gradient")
plt.legend()
plt.tight_layout()

# %% [markdown]
# In the plain tower batch norm makes the gradient *grow* from layer to layer on its way down, until the first layers
# are pulled around more than a thousand times as hard as the last one. No learning rate suits both. With shortcuts it
# stays within a factor of ten.
#
# ## 2 · The block
#
# For pictures the two layers become 3×3 convolutions, each followed by batch norm. One thing can go wrong: `x` and
# $F(x)$ must have the same shape to be added. Now and then a network halves height and width (by **stride** 2) and
# doubles the channels. There the shortcut needs a layer of its own: a 1×1 convolution with the same stride, and a
# batch norm after it. It is called the **projection**.
#
# ```
#    x ──┬─► conv1 ─► bn1 ─► ReLU ─► conv2 ─► bn2 ─┬─(+)─► ReLU ─►
#        └─► nothing at all, or downsample ────────┘
# ```
#
# ### Exercise: the residual block
# difficulty 3/5 · 15 minutes · cards: block-layers, block-forward, projection, recognise-block
#
# Fill the blanks. The names of the parts are torchvision's, so that you can load its weights into your block later.
#
# - `conv1` takes the stride, `conv2` has stride 1; both keep the size otherwise. No convolution has a bias: the batch
#   norm that follows would take it away again with the mean.
# - `downsample` is a `Sequential` of a 1×1 convolution (index 0) and a batch norm (index 1), *where it is needed*, and
#   `None` elsewhere. When is it needed?


# %% solution="ResidualBlock"
class ResidualBlock(nn.Module):
    """Two 3x3 convolutions and a shortcut: (batch, in, h, w) -> (batch, out, h / stride, w / stride)."""

    def __init__(self, in_channels: int, out_channels: int, stride: int = 1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)  # ? Conv2d | stride | 1
        self.bn1 = nn.BatchNorm2d(out_channels)  # ? BatchNorm2d
        self.relu = nn.ReLU()  # ? ReLU
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)  # ? out_channels@2 | False
        self.bn2 = nn.BatchNorm2d(out_channels)  # ? out_channels
        self.downsample = None
        if stride != 1 or in_channels != out_channels:  # ? stride != 1 or in_channels != out_channels
            self.downsample = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, stride, bias=False),  # ? 1 | stride
                nn.BatchNorm2d(out_channels),
            )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.relu(self.bn1(self.conv1(x)))  # ? relu | bn1
        out = self.bn2(self.conv2(out))  # ? bn2
        shortcut = x if self.downsample is None else self.downsample(x)  # ? x@1
        return self.relu(out + shortcut)  # ? out + shortcut


# %% tests="ResidualBlock" points=6
def run_block(block, sizes, state, x, training):
    """The output of a student's block with these weights, and its running statistics afterwards."""
    net = block(*sizes)
    net.load_state_dict(state)
    net.train(training)
    out = net(x).detach()
    return out, {name: value.clone() for name, value in net.state_dict().items() if "running" in name}


def torchvision_block(in_channels, out_channels, stride=1):
    """torchvision's block, and beside it the projection where the sizes need one."""
    shortcut = None
    if (in_channels, stride) != (out_channels, 1):
        shortcut = nn.Sequential(
            nn.Conv2d(in_channels, out_channels, 1, stride, bias=False), nn.BatchNorm2d(out_channels)
        )
    return torchvision.models.resnet.BasicBlock(in_channels, out_channels, stride, shortcut)


def agrees(sizes, rng, training=False):
    """Compares a student's block with torchvision's, on the same weights and pictures."""
    reference = torchvision_block(*sizes)
    state, x = random_state(reference, rng), rng.tensor(3, sizes[0], 6, 8)
    expected, running = run_block(lambda *_: reference, sizes, state, x, training)
    got, mine = checks.there(run_block, ResidualBlock, sizes, state, x, training)
    checks.close(got, expected, rtol=1e-4, atol=1e-4 * float(expected.max()))
    for name, value in running.items():
        checks.close(mine[name], value, rtol=1e-4, atol=1e-4 * float(value.abs().max()), what=name)


rng = checks.rng()
with checks.check(
    "the same size in and out, as torchvision has it", hint="follow the drawing, arrow by arrow: where does what join?"
):
    agrees((3, 3, 1), rng)
with checks.check(
    "more channels at half the size, as torchvision has it", hint="conv1 and downsample[0] take the stride", points=2
):
    agrees((2, 4, 2), rng)
### BEGIN HIDDEN TESTS
n = rng.integer(3, 5)
with checks.check("half the size with as many channels", hint="is a projection needed when only the size changes?"):
    agrees((n, n, 2), rng)
with checks.check("other channels at the same size", hint="is a projection needed when only the channels change?"):
    agrees((n, n + 2), rng)
    agrees((n + 1, n, 3), rng)
with checks.check("in training too, running statistics included", hint="one norm after each convolution, used once"):
    agrees((n, n, 1), rng, training=True)
    agrees((n, n - 1, 2), rng, training=True)
### END HIDDEN TESTS


# %% right="ResidualBlock: an empty Sequential as shortcut"
class ResidualBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.downsample = nn.Sequential()
        if in_channels != out_channels or stride > 1:
            self.downsample = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, kernel_size=1, stride=stride, bias=False),
                nn.BatchNorm2d(out_channels),
            )
        self.conv1 = nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=stride, padding=1, bias=False)
        self.conv2 = nn.Conv2d(out_channels, out_channels, kernel_size=3, padding="same", bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(out_channels), nn.BatchNorm2d(out_channels)

    def forward(self, x):
        branch = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(self.downsample(x) + branch)


# %% right="ResidualBlock: in-place additions on its own tensors"
class ResidualBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        options = {"kernel_size": 3, "padding": 1, "bias": False}
        self.conv1 = nn.Conv2d(in_channels, out_channels, stride=stride, **options)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(out_channels, out_channels, **options)
        self.bn2 = nn.BatchNorm2d(out_channels)
        same = in_channels == out_channels and stride == 1
        projection = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
        self.downsample = None if same else nn.Sequential(projection, nn.BatchNorm2d(out_channels))

    def forward(self, x):
        identity = x
        out = self.conv1(x)
        out = self.bn1(out)
        out = self.relu(out)
        out = self.conv2(out)
        out = self.bn2(out)
        if self.downsample is not None:
            identity = self.downsample(x)
        out += identity
        return self.relu(out)


# %% wrong="ResidualBlock: the shortcut joins after the ReLU"
class ResidualBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.downsample = None
        if stride != 1 or in_channels != out_channels:
            projection = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.downsample = nn.Sequential(projection, nn.BatchNorm2d(out_channels))

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = F.relu(self.bn2(self.conv2(out)))
        return out + (x if self.downsample is None else self.downsample(x))


# %% wrong="ResidualBlock: projects only when size and channels both change"
class ResidualBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.downsample = None
        if stride != 1 and in_channels != out_channels:
            projection = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.downsample = nn.Sequential(projection, nn.BatchNorm2d(out_channels))

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        return F.relu(out + (x if self.downsample is None else self.downsample(x)))


# %% wrong="ResidualBlock: no ReLU between the convolutions"
class ResidualBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.downsample = None
        if stride != 1 or in_channels != out_channels:
            projection = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.downsample = nn.Sequential(projection, nn.BatchNorm2d(out_channels))

    def forward(self, x):
        out = self.bn2(self.conv2(self.bn1(self.conv1(x))))
        return F.relu(out + (x if self.downsample is None else self.downsample(x)))


# %% wrong="ResidualBlock: the stride in the second convolution"
class ResidualBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.downsample = None
        if stride != 1 or in_channels != out_channels:
            projection = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.downsample = nn.Sequential(projection, nn.BatchNorm2d(out_channels))

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        return F.relu(out + (x if self.downsample is None else self.downsample(x)))


# %% wrong="ResidualBlock: one norm for both convolutions"
class ResidualBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.downsample = None
        if stride != 1 or in_channels != out_channels:
            projection = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.downsample = nn.Sequential(projection, nn.BatchNorm2d(out_channels))

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn1(self.conv2(out))
        return F.relu(out + (x if self.downsample is None else self.downsample(x)))


# %% wrong="ResidualBlock: a projection without a norm"
class ResidualBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.downsample = None
        if stride != 1 or in_channels != out_channels:
            self.downsample = nn.Sequential(nn.Conv2d(in_channels, out_channels, 1, stride, bias=False))

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        return F.relu(out + (x if self.downsample is None else self.downsample(x)))


# %% [markdown]
# A fresh block has not learnt anything. **Predict:** how different from its input is what comes out? Batch norm gives
# $F(x)$ a spread of about one, so the digit should still be there, under a layer of something new.

# %%
torch.manual_seed(1)
picture = digits.train_x[:1, None]
block = ResidualBlock(1, 1)
with torch.no_grad():
    branch = block.bn2(block.conv2(block.relu(block.bn1(block.conv1(picture)))))
    figure, axes = plt.subplots(1, 3, figsize=(7.5, 2.7))
    for axis, shown, title in zip(
        axes, (picture, branch, block(picture)), ("x", "F(x)", "ReLU(F(x) + x)"), strict=True
    ):
        axis.imshow(shown[0, 0], cmap="gray_r")
        axis.set_title(title)
        axis.set_axis_off()
figure.tight_layout()

# %% [markdown]
# ## 3 · From blocks to ResNet-34
#
# Blocks come in **groups** (torchvision says layers). Only the first block of a group changes height, width and
# channels; the others keep what they get.
#
# ### Exercise: a group of blocks
# difficulty 2/5 · 6 minutes · cards: block-group
#
# `block` is a class or function that makes one block when it is called as `block(in_channels, out_channels, stride)`;
# the stride is 1 if it is left out. Fill the blanks.


# %% solution="block_group"
def block_group(block, n_blocks: int, in_channels: int, out_channels: int, first_stride: int) -> nn.Sequential:
    """n blocks in a row; the first goes from in to out with the stride, the rest from out to out with stride 1."""
    blocks = [block(in_channels, out_channels, first_stride)]  # ? in_channels | first_stride
    for _ in range(n_blocks - 1):  # ? n_blocks - 1
        blocks.append(block(out_channels, out_channels))  # ? block(out_channels, out_channels)
    return nn.Sequential(*blocks)  # ? *blocks


# %% tests="block_group" points=3
def build_group(block_group, *sizes):
    """Which blocks a signal meets on its way, in order, and how many different blocks the group holds."""
    import torch
    from torch import nn

    met = []

    class Probe(nn.Module):
        def __init__(self, in_channels, out_channels, stride=1):
            super().__init__()
            self.sizes = [in_channels, out_channels, stride]
            self.weight = nn.Parameter(torch.zeros(1))

        def forward(self, x):
            met.append(self.sizes)
            return x

    group = block_group(Probe, *sizes)
    group(torch.zeros(1))
    return met, sum(p.numel() for p in group.parameters())


with checks.check("three blocks, the first of which takes the stride", hint="what do the second and third block get?"):
    met, count = checks.there(build_group, block_group, 3, 64, 128, 2)
    checks.equal(met, [[64, 128, 2], [128, 128, 1], [128, 128, 1]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
n, first, second = rng.integer(4, 9), rng.integer(2, 8), rng.integer(9, 20)
with checks.check("any number of blocks, one too", hint="how many blocks are left after the first?"):
    met, count = checks.there(build_group, block_group, n, first, second, 3)
    checks.equal(met, [[first, second, 3], *[[second, second, 1]] * (n - 1)])
    met, count = checks.there(build_group, block_group, 1, second, first, 1)
    checks.equal(met, [[second, first, 1]])
with checks.check("each block has weights of its own", hint="is one block there several times?"):
    met, count = checks.there(build_group, block_group, n, first, first, 1)
    checks.equal(met, [[first, first, 1]] * n)
    checks.equal(count, n)
### END HIDDEN TESTS


# %% right="block_group: append in a loop"
def block_group(block, n_blocks, in_channels, out_channels, first_stride):
    group = nn.Sequential()
    for place in range(n_blocks):
        first = place == 0
        group.append(block(in_channels if first else out_channels, out_channels, first_stride if first else 1))
    return group


# %% right="block_group: lists of sizes first"
def block_group(block, n_blocks, in_channels, out_channels, first_stride):
    sizes = [(in_channels, out_channels, first_stride)] + [(out_channels, out_channels, 1)] * (n_blocks - 1)
    return nn.Sequential(*(block(*size) for size in sizes))


# %% wrong="block_group: one block too many"
def block_group(block, n_blocks, in_channels, out_channels, first_stride):
    blocks = [block(in_channels, out_channels, first_stride)]
    for _ in range(n_blocks):
        blocks.append(block(out_channels, out_channels, 1))
    return nn.Sequential(*blocks)


# %% wrong="block_group: the stride in every block"
def block_group(block, n_blocks, in_channels, out_channels, first_stride):
    blocks = [block(in_channels, out_channels, first_stride)]
    for _ in range(n_blocks - 1):
        blocks.append(block(out_channels, out_channels, first_stride))
    return nn.Sequential(*blocks)


# %% wrong="block_group: the same block again and again"
def block_group(block, n_blocks, in_channels, out_channels, first_stride):
    later = block(out_channels, out_channels, 1)
    return nn.Sequential(block(in_channels, out_channels, first_stride), *[later] * (n_blocks - 1))


# %% wrong="block_group: changes the channels at the end"
def block_group(block, n_blocks, in_channels, out_channels, first_stride):
    blocks = [block(in_channels, in_channels, 1) for _ in range(n_blocks - 1)]
    blocks.append(block(in_channels, out_channels, first_stride))
    return nn.Sequential(*blocks)


# %% wrong="block_group: the old channels in later blocks"
def block_group(block, n_blocks, in_channels, out_channels, first_stride):
    blocks = [block(in_channels, out_channels, first_stride)]
    for _ in range(n_blocks - 1):
        blocks.append(block(in_channels, out_channels, 1))
    return nn.Sequential(*blocks)


# %% [markdown]
# Now the whole. For a colour picture of 224×224:
#
# | part | what it is | leaves |
# |---|---|---|
# | `conv1`, `bn1` | 7×7 convolution to 64 channels, stride 2, padding 3, no bias; batch norm; ReLU | 64 × 112 × 112 |
# | | max pooling, window 3, stride 2, padding 1 | 64 × 56 × 56 |
# | `layer1` | group of `n_blocks[0]` blocks, 64 channels, first stride 1 | 64 × 56 × 56 |
# | `layer2` | group of `n_blocks[1]` blocks to 128 channels, first stride 2 | 128 × 28 × 28 |
# | `layer3` | group of `n_blocks[2]` blocks to 256 channels, first stride 2 | 256 × 14 × 14 |
# | `layer4` | group of `n_blocks[3]` blocks to 512 channels, first stride 2 | 512 × 7 × 7 |
# | | the mean of each channel over all its pixels (global average pooling) | 512 |
# | `fc` | dense layer to `classes` scores | 1000 |
#
# ResNet-18 has (2, 2, 2, 2) blocks, ResNet-34 has (3, 4, 6, 3). Count the layers with weights on the main path: one
# convolution at the start, two in each block, one dense layer: 1 + 2 · 16 + 1 = 34.
#
# ### Exercise: the whole network
# difficulty 4/5 · 20 minutes · cards: resnet-plan, resnet-sizes, global-average-pooling, milestones
#
# Write it with the names in the table. You are handed `group`, which makes a group of blocks when it is called as
# `group(n_blocks, in_channels, out_channels, first_stride)`. The network must take pictures of any size that
# is not tiny, so let the last mean adapt.
#
# hint: `x.mean(dim=(2, 3))`, or `nn.AdaptiveAvgPool2d(1)` and `flatten(1)`.


# %% solution="ResNet"
class ResNet(nn.Module):
    """A residual network for colour pictures: (batch, 3, h, w) -> (batch, classes)."""

    def __init__(self, group, n_blocks: tuple[int, int, int, int], classes: int = 1000):
        super().__init__()
        ### BEGIN SOLUTION
        self.conv1 = nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.layer1 = group(n_blocks[0], 64, 64, 1)
        self.layer2 = group(n_blocks[1], 64, 128, 2)
        self.layer3 = group(n_blocks[2], 128, 256, 2)
        self.layer4 = group(n_blocks[3], 256, 512, 2)
        self.fc = nn.Linear(512, classes)
        ### END SOLUTION

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        ### BEGIN SOLUTION
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), kernel_size=3, stride=2, padding=1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean(dim=(2, 3)))
        ### END SOLUTION


# %% tests="ResNet" points=6
def try_resnet(make, n_blocks, classes, on, seed, x):
    """How many parameters, which groups were asked for, and the scores with torchvision's weights of that seed.

    The groups are those of torchvision's network, so that nothing but the class itself is tried.
    """
    import copy

    import torch
    from torchvision.models import resnet

    asked = []
    with torch.random.fork_rng(devices=[]), torch.device(on):
        torch.manual_seed(seed)
        theirs = resnet.ResNet(resnet.BasicBlock, list(n_blocks), num_classes=classes)
        for name, value in theirs.state_dict().items():
            if "bn" in name and value.is_floating_point():
                value.uniform_(0.5, 1.5)

        def group(n_blocks, in_channels, out_channels, first_stride):
            asked.append([n_blocks, in_channels, out_channels, first_stride])
            place = {64: 1, 128: 2, 256: 3, 512: 4}[out_channels]
            return copy.deepcopy(getattr(theirs, f"layer{place}"))

        net = make(group, n_blocks, classes)
        net.load_state_dict(theirs.state_dict())
        net.eval()
        with torch.no_grad():
            scores = net(x.to(on))
    asked.sort(key=lambda sizes: sizes[2])
    return sum(p.numel() for p in net.parameters()), asked, tuple(scores.shape) if on == "meta" else scores


def torchvisions(_, n_blocks, classes):
    return torchvision.models.resnet.ResNet(torchvision.models.resnet.BasicBlock, list(n_blocks), num_classes=classes)


picture = torch.zeros(1, 3, 64, 64)
with checks.check(
    "ResNet-18 has 11,689,512 parameters", hint="print the shapes of your parameters beside torchvision's"
):
    count, asked, shape = checks.there(try_resnet, ResNet, (2, 2, 2, 2), 1000, "meta", 0, picture)
    checks.equal(count, 11_689_512)
    checks.equal(shape, (1, 1000))
with checks.check("its groups", hint="n_blocks, channels in, channels out, stride of the first block"):
    count, asked, shape = checks.there(try_resnet, ResNet, (2, 2, 2, 2), 1000, "meta", 0, picture)
    checks.equal(asked, [[2, 64, 64, 1], [2, 64, 128, 2], [2, 128, 256, 2], [2, 256, 512, 2]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
classes, seed = rng.integer(3, 9), rng.integer(1, 10**6)
with checks.check("ResNet-34, with any number of classes", hint="does each group have its own number of blocks?"):
    got = checks.there(try_resnet, ResNet, (3, 4, 6, 3), classes, "meta", 0, picture)
    checks.equal(got[0], 21_797_672 - 1000 * 513 + classes * 513)  # torchvision's, with another head
    checks.equal(got[1], [[3, 64, 64, 1], [4, 64, 128, 2], [6, 128, 256, 2], [3, 256, 512, 2]])
with checks.check(
    "with torchvision's weights the same scores", hint="go through the table once more, line by line", points=3
):
    x = rng.tensor(2, 3, 40, 72)
    expected = try_resnet(torchvisions, (1, 1, 1, 1), classes, "cpu", seed, x)[2]
    got = checks.there(try_resnet, ResNet, (1, 1, 1, 1), classes, "cpu", seed, x)[2]
    checks.close(got, expected, rtol=1e-5, atol=1e-5 * max(1.0, float(expected.abs().max())))
### END HIDDEN TESTS


# %% equivalent="ResNet: a mean over two axes knows no order"
# - return self.fc(x.mean(dim=(2, 3)))
# + return self.fc(x.mean(dim=(3, 2)))


# %% right="ResNet: modules for every step"
class ResNet(nn.Module):
    def __init__(self, group, n_blocks, classes=1000):
        super().__init__()
        self.fc = nn.Linear(512, classes)
        self.conv1 = nn.Conv2d(3, 64, (7, 7), (2, 2), (3, 3), bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        channels = [64, 64, 128, 256, 512]
        for place, n in enumerate(n_blocks):
            layer = group(n, channels[place], channels[place + 1], 1 if place == 0 else 2)
            self.add_module(f"layer{place + 1}", layer)
        self.avgpool = nn.AdaptiveAvgPool2d(1)

    def forward(self, x):
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        for layer in (self.layer1, self.layer2, self.layer3, self.layer4):
            x = layer(x)
        return self.fc(self.avgpool(x).flatten(1))


# %% right="ResNet: one Sequential that shares the parts"
class ResNet(nn.Module):
    def __init__(self, group, n_blocks, classes=1000):
        super().__init__()
        one, two, three, four = n_blocks
        self.conv1, self.bn1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64)
        self.layer1 = group(n_blocks=one, in_channels=64, out_channels=64, first_stride=1)
        self.layer2 = group(n_blocks=two, in_channels=64, out_channels=128, first_stride=2)
        self.layer3 = group(n_blocks=three, in_channels=128, out_channels=256, first_stride=2)
        self.layer4 = group(n_blocks=four, in_channels=256, out_channels=512, first_stride=2)
        self.fc = nn.Linear(512, classes)

    def forward(self, x):
        x = self.conv1(x)
        x = self.bn1(x).clamp(min=0)
        x = nn.functional.max_pool2d(x, 3, stride=2, padding=1)
        x = self.layer1(x)
        x = self.layer2(x)
        x = self.layer3(x)
        x = self.layer4(x)
        return self.fc(x.flatten(2).mean(-1))


# %% right="ResNet: pools before the ReLU, which is the same"
class ResNet(nn.Module):
    def __init__(self, group, n_blocks, classes=1000):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False), nn.BatchNorm2d(64)
        before = 64
        for place, (n, after) in enumerate(zip(n_blocks, (64, 128, 256, 512), strict=True), start=1):
            setattr(self, f"layer{place}", group(n, before, after, 1 + (place > 1)))
            before = after
        self.fc = nn.Linear(512, classes)

    def forward(self, x):
        x = F.relu(F.max_pool2d(self.bn1(self.conv1(x)), 3, 2, 1))
        for place in range(1, 5):
            x = getattr(self, f"layer{place}")(x)
        x = F.avg_pool2d(x, x.shape[2:])[..., 0, 0]
        return x @ self.fc.weight.T + self.fc.bias


# %% wrong="ResNet: forgets the max pooling"
class ResNet(nn.Module):
    def __init__(self, group, n_blocks, classes=1000):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.layer1 = group(n_blocks[0], 64, 64, 1)
        self.layer2 = group(n_blocks[1], 64, 128, 2)
        self.layer3 = group(n_blocks[2], 128, 256, 2)
        self.layer4 = group(n_blocks[3], 256, 512, 2)
        self.fc = nn.Linear(512, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean(dim=(2, 3)))


# %% wrong="ResNet: halves in the first group too"
class ResNet(nn.Module):
    def __init__(self, group, n_blocks, classes=1000):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.layer1 = group(n_blocks[0], 64, 64, 2)
        self.layer2 = group(n_blocks[1], 64, 128, 2)
        self.layer3 = group(n_blocks[2], 128, 256, 2)
        self.layer4 = group(n_blocks[3], 256, 512, 2)
        self.fc = nn.Linear(512, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), kernel_size=3, stride=2, padding=1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean(dim=(2, 3)))


# %% wrong="ResNet: max pooling at the end"
class ResNet(nn.Module):
    def __init__(self, group, n_blocks, classes=1000):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.layer1 = group(n_blocks[0], 64, 64, 1)
        self.layer2 = group(n_blocks[1], 64, 128, 2)
        self.layer3 = group(n_blocks[2], 128, 256, 2)
        self.layer4 = group(n_blocks[3], 256, 512, 2)
        self.fc = nn.Linear(512, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), kernel_size=3, stride=2, padding=1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.amax(dim=(2, 3)))


# %% wrong="ResNet: no ReLU before the pooling"
class ResNet(nn.Module):
    def __init__(self, group, n_blocks, classes=1000):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.layer1 = group(n_blocks[0], 64, 64, 1)
        self.layer2 = group(n_blocks[1], 64, 128, 2)
        self.layer3 = group(n_blocks[2], 128, 256, 2)
        self.layer4 = group(n_blocks[3], 256, 512, 2)
        self.fc = nn.Linear(512, classes)

    def forward(self, x):
        x = F.max_pool2d(self.bn1(self.conv1(x)), kernel_size=3, stride=2, padding=1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean(dim=(2, 3)))


# %% wrong="ResNet: always two blocks, always a thousand classes"
class ResNet(nn.Module):
    def __init__(self, group, n_blocks, classes=1000):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.layer1 = group(2, 64, 64, 1)
        self.layer2 = group(2, 64, 128, 2)
        self.layer3 = group(2, 128, 256, 2)
        self.layer4 = group(2, 256, 512, 2)
        self.fc = nn.Linear(512, 1000)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), kernel_size=3, stride=2, padding=1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean(dim=(2, 3)))


# %% wrong="ResNet: softmax on top"
class ResNet(nn.Module):
    def __init__(self, group, n_blocks, classes=1000):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.layer1 = group(n_blocks[0], 64, 64, 1)
        self.layer2 = group(n_blocks[1], 64, 128, 2)
        self.layer3 = group(n_blocks[2], 128, 256, 2)
        self.layer4 = group(n_blocks[3], 256, 512, 2)
        self.fc = nn.Linear(512, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), kernel_size=3, stride=2, padding=1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean(dim=(2, 3))).softmax(dim=1)


# %% [markdown]
# Now the proof that it *is* the same network. Put your own parts together, count, and load torchvision's
# `state_dict` (a dict from the name of each parameter and buffer to its tensor). The weights are random ones, so
# nothing is downloaded. **Predict** how many digits of the two outputs agree.

# %%
group = partial(block_group, ResidualBlock)
with torch.device("meta"):  # tensors with a shape and no numbers: they cost nothing, and counting needs no more
    for name, n_blocks in {"resnet18": (2, 2, 2, 2), "resnet34": (3, 4, 6, 3)}.items():
        theirs, mine = torchvision.models.get_model(name, weights=None), ResNet(group, n_blocks)
        counts = [sum(p.numel() for p in net.parameters()) for net in (theirs, mine)]
        print(f"{name}: torchvision {counts[0]:,}, yours {counts[1]:,}")

# %%
torch.manual_seed(0)
theirs, mine = torchvision.models.resnet18(weights=None).eval(), ResNet(group, (2, 2, 2, 2)).eval()
print(mine.load_state_dict(theirs.state_dict()))
with torch.no_grad():
    pictures = torch.randn(4, 3, 64, 64)
    gap = (mine(pictures) - theirs(pictures)).abs().max().item()
print(f"largest difference of any score: {gap:.1e}")
assert gap < 1e-5

# %% [markdown]
# `load_state_dict` goes by name, and it is strict: a missing name, one too many, or another shape is an error. That
# is why we took over torchvision's names. It holds more than parameters: the running mean and variance of every batch
# norm are **buffers**, which no optimiser touches and without which the predictions would be nonsense.
#
# What if the names differ, because somebody else wrote the other network?
#
# ### Exercise: load across, whatever the names
# difficulty 3/5 · 12 minutes · cards: state-dict, buffers, load-across
#
# Two networks are built alike: the entries of their `state_dict()` come in the same order with the same shapes, under
# other names. Copy all the numbers from `theirs` into the tensors that `mine` already has. If there are more or fewer
# entries, or one shape differs, raise a `ValueError` *and leave `mine` as it was*.
#
# The two must not share memory afterwards: training one must not change the other.
#
# hint: `state_dict()` hands out the network's own tensors, not copies. `tensor.copy_(other)` writes into a tensor.


# %% solution="copy_weights"
def copy_weights(mine: nn.Module, theirs: nn.Module) -> None:
    """Copies parameters and buffers of `theirs` into `mine` by their order; ValueError when they do not fit."""
    ### BEGIN SOLUTION
    ours, others = list(mine.state_dict().values()), list(theirs.state_dict().values())
    if [tensor.shape for tensor in ours] != [tensor.shape for tensor in others]:
        raise ValueError("the two networks are not built alike")
    for place, tensor in enumerate(ours):
        tensor.copy_(others[place])
    ### END SOLUTION


# %% tests="copy_weights" points=5
def copied(copy_weights, state, x):
    """What the copy says, what it says after the original has been zeroed, and whether its parameters are as before."""
    from torch import nn

    class Mine(nn.Module):
        def __init__(self):
            super().__init__()
            self.first, self.norm, self.head = nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3), nn.Linear(12, 4)

        def forward(self, x):
            return self.head(self.norm(self.first(x)).flatten(1))

    theirs = nn.Sequential(nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3), nn.Flatten(), nn.Linear(12, 4))
    theirs.load_state_dict(state)
    mine = Mine()
    before = list(mine.parameters())
    copy_weights(mine, theirs)
    mine.eval()
    theirs.eval()
    said, original = mine(x).detach(), theirs(x).detach()
    for value in theirs.state_dict().values():
        value.zero_()
    kept = [new is old and new.requires_grad for new, old in zip(mine.parameters(), before, strict=True)]
    return said, original, mine(x).detach(), kept


def refused(copy_weights, sizes, other_sizes):
    """Whether copying between two stacks of dense layers was refused, and whether it changed anything."""
    import torch
    from torch import nn

    mine, theirs = (nn.Sequential(*(nn.Linear(a, b) for a, b in pairs)) for pairs in (sizes, other_sizes))
    before = [value.clone() for value in mine.state_dict().values()]
    try:
        copy_weights(mine, theirs)
        refusal = False
    except ValueError:
        refusal = True
    after = list(mine.state_dict().values())
    same = all(torch.equal(old, new) for old, new in zip(before, after, strict=True))
    return {"raised ValueError": refusal, "left mine as it was": same}


def by_functions(state, x):
    """What the original says."""
    x = F.conv2d(x, state["0.weight"], state["0.bias"])
    x = F.batch_norm(x, state["1.running_mean"], state["1.running_var"], state["1.weight"], state["1.bias"])
    return F.linear(x.flatten(1), state["3.weight"], state["3.bias"])


rng = checks.rng()
template = nn.Sequential(nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3), nn.Flatten(), nn.Linear(12, 4))
with checks.check(
    "the copy says what the original says", points=2, hint="buffers count as well; which way round do you copy?"
):
    state, x = random_state(template, rng), rng.tensor(5, 2, 4, 4)
    said, original, later, kept = checks.there(copied, copy_weights, state, x)
    checks.close(original, by_functions(state, x), rtol=1e-4, atol=1e-4)
    checks.close(said, by_functions(state, x), rtol=1e-4, atol=1e-4)
### BEGIN HIDDEN TESTS
with checks.check("it does not share memory, and trains on", hint="copy numbers into the tensors that are there"):
    state, x = random_state(template, rng), rng.tensor(4, 2, 4, 4)
    said, original, later, kept = checks.there(copied, copy_weights, state, x)
    checks.close(later, by_functions(state, x), rtol=1e-4, atol=1e-4)
    checks.equal(kept, [True] * 6)
as_asked = {"raised ValueError": True, "left mine as it was": True}
with checks.check("refuses another number of layers", hint="what does zip do when one list is longer?"):
    checks.equal(checks.there(refused, copy_weights, [(2, 3)], [(2, 3), (3, 3)]), as_asked)
    checks.equal(checks.there(refused, copy_weights, [(2, 3), (3, 3)], [(2, 3)]), as_asked)
with checks.check("refuses other shapes, before it changes anything", hint="look at all the shapes first"):
    checks.equal(checks.there(refused, copy_weights, [(2, 3), (3, 4)], [(2, 3), (1, 4)]), as_asked)
### END HIDDEN TESTS


# %% right="copy_weights: rename, then load"
def copy_weights(mine, theirs):
    names, values = list(mine.state_dict()), list(theirs.state_dict().values())
    shapes = [tuple(value.shape) for value in mine.state_dict().values()]
    if len(names) != len(values) or any(tuple(v.shape) != s for v, s in zip(values, shapes, strict=True)):
        raise ValueError("not alike")
    mine.load_state_dict(dict(zip(names, values, strict=True)))


# %% right="copy_weights: parameters, then buffers"
def copy_weights(mine, theirs):
    if len(mine.state_dict()) != len(theirs.state_dict()):
        raise ValueError("other numbers of entries")
    pairs = list(zip(mine.state_dict().values(), theirs.state_dict().values(), strict=True))
    for a, b in pairs:
        if a.shape != b.shape:
            raise ValueError("other shapes")
    with torch.no_grad():
        for a, b in zip(mine.parameters(), theirs.parameters(), strict=True):
            a.data[...] = b.data
        for a, b in zip(mine.buffers(), theirs.buffers(), strict=True):
            a.copy_(b.clone())


# %% right="copy_weights: puts everything back when it goes wrong"
def copy_weights(mine, theirs):
    before = copy.deepcopy(mine.state_dict())
    values = list(theirs.state_dict().values())
    try:
        mine.load_state_dict(dict(zip(before, values, strict=True)))
    except RuntimeError as error:
        mine.load_state_dict(before)
        raise ValueError("not alike") from error


# %% wrong="copy_weights: forgets the buffers"
def copy_weights(mine, theirs):
    ours, others = list(mine.parameters()), list(theirs.parameters())
    if [p.shape for p in ours] != [p.shape for p in others]:
        raise ValueError("not alike")
    with torch.no_grad():
        for a, b in zip(ours, others, strict=True):
            a.copy_(b)


# %% wrong="copy_weights: shares the memory"
def copy_weights(mine, theirs):
    ours, others = mine.state_dict(), theirs.state_dict()
    if [t.shape for t in ours.values()] != [t.shape for t in others.values()]:
        raise ValueError("not alike")
    mine.load_state_dict(dict(zip(ours, others.values(), strict=True)), assign=True)


# %% wrong="copy_weights: notices too late"
def copy_weights(mine, theirs):
    for a, b in zip(mine.state_dict().values(), theirs.state_dict().values(), strict=True):
        if a.shape != b.shape:
            raise ValueError("not alike")
        a.copy_(b)


# %% wrong="copy_weights: stops at the shorter one"
def copy_weights(mine, theirs):
    pairs = list(zip(mine.state_dict().values(), theirs.state_dict().values(), strict=False))
    if any(a.shape != b.shape for a, b in pairs):
        raise ValueError("not alike")
    for a, b in pairs:
        a.copy_(b)


# %% wrong="copy_weights: the wrong way round"
def copy_weights(mine, theirs):
    ours, others = list(mine.state_dict().values()), list(theirs.state_dict().values())
    if [t.shape for t in ours] != [t.shape for t in others]:
        raise ValueError("not alike")
    for a, b in zip(ours, others, strict=True):
        b.copy_(a)


# %% wrong="copy_weights: by name"
def copy_weights(mine, theirs):
    try:
        mine.load_state_dict(theirs.state_dict())
    except RuntimeError as error:
        raise ValueError("not alike") from error


# %% [markdown]
# ## 4 · Start as the identity
#
# A residual block *can* be the identity. Should it start as one? Look at `bn2`, the last norm of the main path: it
# multiplies by its weight (often called γ) at the very end, and a fresh norm has weight 1. Set it to 0, and $F(x) = 0$
# whatever the convolutions say. Goyal and colleagues trained ResNet-50 on ImageNet in an hour that way, in 2017; in
# torchvision it is `zero_init_residual=True`.
#
# ### Exercise: silence the last norm
# difficulty 3/5 · 8 minutes · cards: zero-init
#
# Set the weight of the last norm in every residual block of `net` to zero, in place. Blocks may lie at any depth.
# A block's last norm is its `bn3` where it has one (you will meet such blocks below), and otherwise its `bn2`. A
# module that has neither is no block. Everything else stays as it is, and the weight remains trainable.
#
# hint: `net.modules()` walks through all modules, at any depth. `getattr(module, "bn3", None)` is None where there is
# no such attribute.


# %% solution="zero_last_norms"
def zero_last_norms(net: nn.Module) -> None:
    """Sets the weight of the last norm (bn3, or else bn2) of every block in the network to zero."""
    ### BEGIN SOLUTION
    for module in net.modules():
        last = getattr(module, "bn3", getattr(module, "bn2", None))
        if last is not None:
            nn.init.zeros_(last.weight)
    ### END SOLUTION


# %% tests="zero_last_norms" points=4
def silenced(zero_last_norms, state, x, training):
    """The output, the state, and which parameters can be trained, after the function has had a net of three blocks."""
    from torch import nn
    from torchvision.models.resnet import BasicBlock, Bottleneck

    net = nn.Sequential(BasicBlock(8, 8), nn.Sequential(nn.ReLU(), nn.Sequential(BasicBlock(8, 8)), Bottleneck(8, 2)))
    if state:
        net.load_state_dict(state)
    zero_last_norms(net)
    after = {name: value.clone() for name, value in net.state_dict().items()}
    trainable = all(p.requires_grad and p.is_leaf for p in net.parameters())
    return net.train(training)(x).detach(), after, trainable


def three_blocks():
    basic, bottle = torchvision.models.resnet.BasicBlock, torchvision.models.resnet.Bottleneck
    return nn.Sequential(basic(8, 8), nn.Sequential(nn.ReLU(), nn.Sequential(basic(8, 8)), bottle(8, 2)))


rng = checks.rng()
with checks.check("fresh blocks hand on a positive signal unchanged", hint="at any depth, bottlenecks too"):
    x = rng.tensor(2, 8, 4, 4, low=0.1, high=2.0)
    checks.close(checks.there(silenced, zero_last_norms, {}, x, False)[0], x)
### BEGIN HIDDEN TESTS
state = random_state(three_blocks(), rng)
lasts = ["0.bn2.weight", "1.1.0.bn2.weight", "1.2.bn3.weight"]
with checks.check("the last norm of each block is silent", hint="which norm comes last in a block that has three?"):
    after = checks.there(silenced, zero_last_norms, state, x, True)[1]
    for name in lasts:
        checks.close(after[name], torch.zeros(8), what=name)
with checks.check(
    "nothing else is changed, and all can be trained", points=2, hint="one weight a block; bias and convolutions stay"
):
    _, after, trainable = checks.there(silenced, zero_last_norms, state, x, True)
    checks.equal(after, {name: torch.zeros(8) if name in lasts else value for name, value in state.items()})
    checks.true(trainable, "requires_grad should be as before")
### END HIDDEN TESTS


# %% right="zero_last_norms: by names"
def zero_last_norms(net):
    names = dict(net.named_parameters())
    for name, weight in names.items():
        if name.endswith("bn3.weight") or (name.endswith("bn2.weight") and name.replace("bn2", "bn3") not in names):
            weight.data.fill_(0)


# %% right="zero_last_norms: hasattr and no_grad"
def zero_last_norms(net):
    with torch.no_grad():
        for module in net.modules():
            if hasattr(module, "bn3"):
                module.bn3.weight *= 0
            elif hasattr(module, "bn2"):
                module.bn2.weight *= 0


# %% wrong="zero_last_norms: only the first level"
def zero_last_norms(net):
    for module in net.children():
        last = getattr(module, "bn3", getattr(module, "bn2", None))
        if last is not None:
            nn.init.zeros_(last.weight)


# %% wrong="zero_last_norms: always bn2"
def zero_last_norms(net):
    for module in net.modules():
        if hasattr(module, "bn2"):
            nn.init.zeros_(module.bn2.weight)


# %% wrong="zero_last_norms: bn2 and bn3"
def zero_last_norms(net):
    for module in net.modules():
        for name in ("bn2", "bn3"):
            if hasattr(module, name):
                nn.init.zeros_(getattr(module, name).weight)


# %% wrong="zero_last_norms: the bias too"
def zero_last_norms(net):
    for module in net.modules():
        last = getattr(module, "bn3", getattr(module, "bn2", None))
        if last is not None:
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)


# %% wrong="zero_last_norms: every norm"
def zero_last_norms(net):
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.zeros_(module.weight)


# %% wrong="zero_last_norms: freezes it as well"
def zero_last_norms(net):
    for module in net.modules():
        last = getattr(module, "bn3", getattr(module, "bn2", None))
        if last is not None:
            nn.init.zeros_(last.weight).requires_grad_(False)


# %% [markdown]
# **Predict** how strong the signal is after each of thirty fresh blocks, with and without.

# %%
plt.figure(figsize=(6.5, 2.6))
for silent in (False, True):
    torch.manual_seed(0)
    stack = block_group(ResidualBlock, 30, 8, 8, 1)
    if silent:
        zero_last_norms(stack)
    strengths, x = [], torch.randn(16, 8, 7, 7).relu()
    with torch.no_grad():
        for block in stack:
            x = block(x)
            strengths.append(x.std())
    plt.plot(strengths, label="last norms silenced" if silent else "fresh")
plt.xlabel("block")
plt.ylabel("standard deviation")
plt.legend()
plt.tight_layout()

# %% [markdown]
# ## 5 · Many short networks in one
#
# Unroll three blocks (leave out the ReLU after the addition): $y = (1 + F_3)(1 + F_2)(1 + F_1)\,x$. Each block
# doubles the number of ways from start to end: through $F$, or past it. Three blocks have eight ways, $n$ blocks have
# $2^n$:
#
# ```
#    x ──┬──────┬──────┬──────┬──► y        ways through none of them:   1
#        └─ F1 ─┴─ F2 ─┴─ F3 ─┘             through exactly one:         3
#                                           through two:                 3
#                                           through all three:           1
# ```
#
# Veit, Wilber and Belongie (2016) therefore called residual networks **ensembles** of many shallow networks that share
# weights. If every $F$ is linear then $y$ is *exactly* the sum over all the ways. (With ReLUs inside, a way depends on
# what the other ways added to its input, so the picture is only a picture.)
#
# ### Exercise: unroll it
# difficulty 3/5 · 12 minutes · cards: implicit-ensemble, path-count
#
# - `paths(branches, x)`: a list of the $2^n$ signals at the end, one for each way, in any order. `branches` is a list
#   of functions, the first one is met first.
# - `path_lengths(n)`: how many of the $2^n$ ways go through exactly 0, 1, …, n branches.
#
# hint: Every signal that arrives at a block leaves it twice: unchanged, and changed by the branch.
#
# hint: In how many ways can you choose k of n? Look into `math`.


# %% solution="paths"
def paths(branches, x: torch.Tensor) -> list[torch.Tensor]:
    """What each way through the blocks delivers, for blocks x + branch(x)."""
    ### BEGIN SOLUTION
    signals = [x]
    for branch in branches:
        signals = signals + [branch(signal) for signal in signals]
    return signals
    ### END SOLUTION


def path_lengths(n: int) -> list[int]:
    """How many ways through n blocks use exactly k branches, for k = 0 to n."""
    ### BEGIN SOLUTION
    return [math.comb(n, k) for k in range(n + 1)]
    ### END SOLUTION


# %% tests="paths" points=4
def times(matrix):
    return lambda x: x @ matrix.T


with checks.check("two branches make four ways", hint="past both, through one, through the other, through both"):
    got = paths([lambda x: 2 * x, lambda x: 5 * x], torch.tensor([1.0]))
    checks.equal(sorted(float(value) for value in got), [1.0, 2.0, 5.0, 10.0])
with checks.check("ways through two blocks by their length", hint="of the four ways, how many use one branch?"):
    checks.equal(list(path_lengths(2)), [1, 2, 1])
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("together they are what the blocks make of x", hint="which branch does a signal meet first?"):
    x, matrices = rng.tensor(4), [rng.tensor(4, 4) for _ in range(rng.integer(3, 5))]
    expected = x
    for matrix in matrices:
        expected = expected + matrix @ expected
    got = list(paths([times(matrix) for matrix in matrices], x))
    checks.equal(len(got), 2 ** len(matrices), what="the number of ways")
    checks.close(sum(got), expected, rtol=1e-4, atol=1e-4 * float(expected.abs().max()))
    start = torch.tensor([1.0])
    got = paths([lambda x: 3 * x, lambda x: x + 100, lambda x: 7 * x], start)
    wanted = [1, 3, 101, 103, 7, 21, 707, 721]
    checks.equal(sorted(float(value) for value in got), [float(value) for value in sorted(wanted)])
with checks.check("lengths for any number of blocks", hint="count the subsets of each size"):
    n = rng.integer(5, 9)
    used = [bin(way).count("1") for way in range(2**n)]
    checks.equal(list(path_lengths(n)), [used.count(k) for k in range(n + 1)])
    checks.equal(list(path_lengths(0)), [1])
### END HIDDEN TESTS


# %% right="paths: by recursion and Pascal's triangle"
def paths(branches, x):
    if len(branches) == 0:
        return [x]
    return paths(branches[1:], x) + paths(branches[1:], branches[0](x))


def path_lengths(n):
    row = [1]
    for _ in range(n):
        row = [a + b for a, b in zip([0, *row], [*row, 0], strict=True)]
    return row


# %% right="paths: every subset"
def paths(branches, x):
    ends = []
    for way in range(2 ** len(branches)):
        signal = x
        for place, branch in enumerate(branches):
            if way >> place & 1:
                signal = branch(signal)
        ends.append(signal)
    return ends


def path_lengths(n):
    counts = [0] * (n + 1)
    for way in range(2**n):
        counts[bin(way).count("1")] += 1
    return counts


# %% wrong="paths: only one branch at a time"
def paths(branches, x):
    return [x] + [branch(x) for branch in branches]


def path_lengths(n):
    return [math.comb(n, k) for k in range(n + 1)]


# %% wrong="paths: adds as it goes"
def paths(branches, x):
    signals = [x]
    for branch in branches:
        signals = signals + [signal + branch(signal) for signal in signals]
    return signals


def path_lengths(n):
    return [math.comb(n, k) for k in range(n + 1)]


# %% wrong="paths: last branch first"
def paths(branches, x):
    signals = [x]
    for branch in reversed(list(branches)):
        signals = signals + [branch(signal) for signal in signals]
    return signals


def path_lengths(n):
    return [math.comb(n, k) for k in range(n + 1)]


# %% wrong="paths: forgets the way past all of them"
def paths(branches, x):
    signals = [x]
    for branch in branches:
        signals = signals + [branch(signal) for signal in signals]
    return signals[1:]


def path_lengths(n):
    return [math.comb(n, k) for k in range(n + 1)]


# %% wrong="paths: lengths from one on"
def paths(branches, x):
    signals = [x]
    for branch in branches:
        signals = signals + [branch(signal) for signal in signals]
    return signals


def path_lengths(n):
    return [math.comb(n, k) for k in range(1, n + 1)]


# %% wrong="paths: all lengths equally often"
def paths(branches, x):
    signals = [x]
    for branch in branches:
        signals = signals + [branch(signal) for signal in signals]
    return signals


def path_lengths(n):
    return [2**n // (n + 1)] * (n + 1)


# %% [markdown]
# The best network for small pictures in the 2015 paper had 110 layers, in 54 blocks. **Predict:** how many of its
# blocks does a typical way go through?

# %%
lengths = path_lengths(54)
middle = sum(lengths[19:36]) / sum(lengths)
plt.figure(figsize=(6.5, 2.4))
plt.bar(range(55), lengths)
plt.xlabel("branches on the way")
plt.title(f"{middle:.0%} of the ways go through 19 to 35 of the 54 branches", fontsize=10)
plt.tight_layout()

# %% [markdown]
# ## 6 · Train one
#
# For small pictures the paper used a slimmer network: a 3×3 convolution at the start, then three groups of $n$ blocks
# with 16, 32 and 64 channels, $6n + 2$ layers in all. With $n = 3$ that is **ResNet-20**. We start with stride 2, to
# save time, and give it the digits, each shifted by up to two pixels at random.

# %% setup
train_x, train_y = (t[: 4000 if where.type == "cpu" else None].to(where) for t in (digits.train_x, digits.train_y))
valid_x, valid_y = digits.valid_x.to(where), digits.valid_y.to(where)
train_x, valid_x = train_x[:, None], valid_x[:, None]  # one channel


def accuracy(net, x, y):
    """The share of pictures that get the right answer, in evaluation mode."""
    net.eval()
    with torch.no_grad():
        return sum(
            (net(xb).argmax(1) == yb).sum().item() for xb, yb in zip(x.split(500), y.split(500), strict=True)
        ) / len(x)


def fit(net, x, y, epochs, lr=0.1):
    """Trains all of net in place: SGD with momentum, a learning rate that rises and falls once, shifted pictures."""
    steps = epochs * (len(x) // 64)
    opt = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(opt, max_lr=lr, total_steps=steps)
    net.train()
    for _ in range(steps):
        rows = torch.randint(len(x), (64,), device=x.device)
        shifted = torch.roll(x[rows], torch.randint(-2, 3, (2,)).tolist(), dims=(2, 3))
        loss = F.cross_entropy(net(shifted), y[rows])
        opt.zero_grad()
        loss.backward()
        opt.step()
        schedule.step()


# %%
def resnet20(classes):
    """Stem, three groups of three of your blocks, head; in named parts, so that the head can be replaced."""
    stem = nn.Sequential(nn.Conv2d(1, 16, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU())
    net = nn.Sequential()
    net.add_module("stem", stem)
    for place, (before, after) in enumerate([(16, 16), (16, 32), (32, 64)]):
        net.add_module(f"layer{place + 1}", block_group(ResidualBlock, 3, before, after, min(place + 1, 2)))
    net.add_module("pool", nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()))
    net.add_module("fc", nn.Linear(64, classes))
    return net.to(where)


torch.manual_seed(0)
net = resnet20(10)
zero_last_norms(net)
some = torch.randperm(len(train_x))[: device.budget(len(train_x))]
fit(net, train_x[some], train_y[some], epochs=device.budget(5))
reached["ten digits, ResNet-20"] = accuracy(net, valid_x, valid_y)
print(f"{sum(p.numel() for p in net.parameters()):,} parameters, {reached['ten digits, ResNet-20']:.1%} right")

# %% [markdown]
# If the network is something like an ensemble, then it should survive the loss of one member. Take out one block at a
# time (only the shortcut is left). In a plain network that would be the end. **Predict:** how many of the seven bars
# fall below 90 %?

# %%
few_x, few_y = valid_x[: device.budget(1000)], valid_y[: device.budget(1000)]
skippable = [(group, place) for group in (net.layer1, net.layer2, net.layer3) for place in range(3)]
skippable = [(group, place) for group, place in skippable if group[place].downsample is None]
scores = []
for group, place in skippable:
    whole, group[place] = group[place], nn.Identity()
    scores.append(accuracy(net, few_x, few_y))
    group[place] = whole
plt.figure(figsize=(6.5, 2.4))
plt.bar(range(len(scores)), scores)
plt.axhline(accuracy(net, few_x, few_y), color="grey", linestyle="--", label="with all its blocks")
plt.xlabel("the block without projection that was taken out")
plt.ylabel("accuracy")
plt.legend(loc="lower right")
plt.tight_layout()

# %% [markdown]
# Nine blocks are a small crowd, and not all of its members count the same: the early ones, on which everything else
# builds, are missed badly, the late ones hardly. With the 54 blocks of the 110-layer network, Veit and colleagues could
# take out almost any one without a visible loss, while a plain network fell to the level of guessing.

# %% [markdown]
# ## 7 · Cheaper blocks: 1×1 convolutions
#
# More layers and more channels cost more, and the bill is paid in multiplications. A 1×1 convolution looks at one
# pixel and mixes its channels: a small dense layer, used at every pixel. With it you can shrink the number of
# channels, do the expensive work there, and grow them again. That narrow place is called a **bottleneck**.
#
# ### Exercise: what does it cost?
# difficulty 2/5 · 8 minutes · cards: one-by-one, bottleneck-saving, cost-of-depth
#
# Count multiplications, for outputs of size `height` × `width` (padding keeps the size; leave out biases).
#
# - `direct`: one convolution with a square window of side `kernel`.
# - `squeezed`: first a 1×1 convolution to `middle` channels, then the convolution with the window `kernel` from there.


# %% solution="multiplications"
def direct(height: int, width: int, in_channels: int, out_channels: int, kernel: int) -> int:
    """Multiplications of one convolution that keeps height and width."""
    ### BEGIN SOLUTION
    return height * width * out_channels * in_channels * kernel**2
    ### END SOLUTION


def squeezed(height: int, width: int, in_channels: int, middle: int, out_channels: int, kernel: int) -> int:
    """Multiplications of a 1x1 convolution to `middle` channels and a convolution from there to the end."""
    ### BEGIN SOLUTION
    return height * width * middle * (in_channels + out_channels * kernel**2)
    ### END SOLUTION


# %% tests="multiplications" points=3
def counted(height, width, *layers):
    """What torch's own counter says of some convolutions (in, out, kernel), half of its floating-point operations."""
    from torch.utils.flop_counter import FlopCounterMode

    with torch.device("meta"), FlopCounterMode(display=False) as counter:
        x = torch.zeros(1, layers[0][0], height, width)
        for before, after, kernel in layers:
            x = nn.Conv2d(before, after, kernel, padding=kernel // 2, bias=False)(x)
    return counter.get_total_flops() // 2


with checks.check(
    "a 5×5 convolution, 28×28, from 192 to 32 channels", hint="how many for a single number that comes out?"
):
    checks.equal(direct(28, 28, 192, 32, 5), 120_422_400)
### BEGIN HIDDEN TESTS
rng = checks.rng()
height, width, kernel = rng.integer(5, 9), rng.integer(10, 14), rng.choice([3, 5, 7])
first, middle, last = rng.integer(15, 20), rng.integer(2, 6), rng.integer(7, 12)
with checks.check("any convolution", hint="outputs times the numbers that each of them looks at"):
    checks.equal(direct(height, width, first, last, kernel), counted(height, width, (first, last, kernel)))
with checks.check("with a 1×1 layer before it", hint="count both layers; which channels does the second one see?"):
    checks.equal(
        squeezed(height, width, first, middle, last, kernel),
        counted(height, width, (first, middle, 1), (middle, last, kernel)),
    )
### END HIDDEN TESTS


# %% right="multiplications: one by the other"
def direct(height, width, in_channels, out_channels, kernel):
    outputs = height * width * out_channels
    return outputs * (in_channels * kernel * kernel)


def squeezed(height, width, in_channels, middle, out_channels, kernel):
    return direct(height, width, in_channels, middle, 1) + direct(height, width, middle, out_channels, kernel)


# %% right="multiplications: from the weights of real layers"
def direct(height, width, in_channels, out_channels, kernel):
    return nn.Conv2d(in_channels, out_channels, kernel, bias=False).weight.numel() * height * width


def squeezed(height, width, in_channels, middle, out_channels, kernel):
    first, second = nn.Conv2d(in_channels, middle, 1), nn.Conv2d(middle, out_channels, kernel)
    return height * width * (first.weight.numel() + second.weight.numel())


# %% wrong="multiplications: the side of the window, not its area"
def direct(height, width, in_channels, out_channels, kernel):
    return height * width * out_channels * in_channels * kernel


def squeezed(height, width, in_channels, middle, out_channels, kernel):
    return height * width * middle * (in_channels + out_channels * kernel)


# %% wrong="multiplications: the weights alone"
def direct(height, width, in_channels, out_channels, kernel):
    return out_channels * in_channels * kernel**2


def squeezed(height, width, in_channels, middle, out_channels, kernel):
    return middle * (in_channels + out_channels * kernel**2)


# %% wrong="multiplications: forgets the small layer"
def direct(height, width, in_channels, out_channels, kernel):
    return height * width * out_channels * in_channels * kernel**2


def squeezed(height, width, in_channels, middle, out_channels, kernel):
    return height * width * middle * out_channels * kernel**2


# %% wrong="multiplications: the second layer sees all channels"
def direct(height, width, in_channels, out_channels, kernel):
    return height * width * out_channels * in_channels * kernel**2


def squeezed(height, width, in_channels, middle, out_channels, kernel):
    return height * width * in_channels * (middle + out_channels * kernel**2)


# %% wrong="multiplications: adds the channels"
def direct(height, width, in_channels, out_channels, kernel):
    return height * width * (out_channels + in_channels) * kernel**2


def squeezed(height, width, in_channels, middle, out_channels, kernel):
    return direct(height, width, in_channels, middle, 1) + direct(height, width, middle, out_channels, kernel)


# %%
whole, narrow = direct(28, 28, 192, 32, 5), squeezed(28, 28, 192, 16, 32, 5)
print(f"directly {whole:,}, through 16 channels {narrow:,}: {whole / narrow:.1f} times cheaper")

# %% [markdown]
# ResNet-50 and deeper ones are made of **bottleneck blocks**: 1×1 down to `width` channels, 3×3 there, 1×1 up to four
# times `width`. Each convolution has its batch norm; ReLU follows the first two, and the addition.
#
# ### Exercise: the bottleneck block
# difficulty 3/5 · 12 minutes · cards: bottleneck-block
#
# Fill the blanks. The stride sits in the 3×3 convolution (the paper had it in the first 1×1; torchvision moved it, and
# calls that ResNet V1.5).


# %% solution="Bottleneck"
class Bottleneck(nn.Module):
    """1x1, 3x3, 1x1 and a shortcut: (batch, in, h, w) -> (batch, 4 * width, h / stride, w / stride)."""

    def __init__(self, in_channels: int, width: int, stride: int = 1):
        super().__init__()
        out_channels = 4 * width  # ? 4 * width
        self.conv1 = nn.Conv2d(in_channels, width, 1, bias=False)  # ? width | 1
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, padding=1, bias=False)  # ? 3 | stride | padding=1
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, out_channels, 1, bias=False)  # ? width | out_channels
        self.bn3 = nn.BatchNorm2d(out_channels)  # ? out_channels
        self.downsample = None
        if stride != 1 or in_channels != out_channels:
            self.downsample = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, stride, bias=False),  # ? in_channels
                nn.BatchNorm2d(out_channels),
            )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = F.relu(self.bn1(self.conv1(x)))
        out = F.relu(self.bn2(self.conv2(out)))  # ? relu | bn2
        out = self.bn3(self.conv3(out))  # ? bn3(self.conv3(out))
        shortcut = x if self.downsample is None else self.downsample(x)
        return F.relu(out + shortcut)  # ? out + shortcut


# %% tests="Bottleneck" points=4
def run_bottleneck(block, sizes, state, x, training):
    """The output of a student's block with these weights."""
    net = block(*sizes)
    net.load_state_dict(state)
    net.train(training)
    return net(x).detach()


def torchvision_bottleneck(in_channels, width, stride=1):
    """torchvision's block, and beside it the projection where the sizes need one."""
    shortcut = None
    if (in_channels, stride) != (4 * width, 1):
        shortcut = nn.Sequential(nn.Conv2d(in_channels, 4 * width, 1, stride, bias=False), nn.BatchNorm2d(4 * width))
    return torchvision.models.resnet.Bottleneck(in_channels, width, stride, shortcut)


def agrees(sizes, rng, training=False):
    """Compares a student's block with torchvision's, on the same weights and pictures."""
    reference = torchvision_bottleneck(*sizes)
    state, x = random_state(reference, rng), rng.tensor(3, sizes[0], 6, 8)
    expected = run_bottleneck(lambda *_: reference, sizes, state, x, training)
    got = checks.there(run_bottleneck, Bottleneck, sizes, state, x, training)
    checks.close(got, expected, rtol=1e-4, atol=1e-4 * float(expected.max()))


rng = checks.rng()
with checks.check("8 channels in and out, 2 in between", hint="which convolution is 3×3? What follows each of them?"):
    agrees((8, 2, 1), rng)
with checks.check("12 channels out of 6, at half the size", hint="which convolution and which way take the stride?"):
    agrees((6, 3, 2), rng)
### BEGIN HIDDEN TESTS
width = rng.integer(2, 4)
with checks.check("any sizes", hint="is a projection needed when only the size changes, or only the channels?"):
    agrees((4 * width, width, 2), rng)
    agrees((width, width, 1), rng)
    agrees((width + 1, width), rng)
with checks.check("in training too", hint="three convolutions, three norms, each used once"):
    agrees((4 * width, width, 1), rng, training=True)
    agrees((2 * width, width, 2), rng, training=True)
### END HIDDEN TESTS


# %% right="Bottleneck: with an empty Sequential and modules"
class Bottleneck(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(in_channels, width, (1, 1), bias=False), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = nn.Conv2d(width, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width)
        self.conv3, self.bn3 = nn.Conv2d(width, width * 4, 1, bias=False), nn.BatchNorm2d(width * 4)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = nn.Sequential()
        if (in_channels, stride) != (4 * width, 1):
            self.downsample.append(nn.Conv2d(in_channels, 4 * width, 1, stride, bias=False))
            self.downsample.append(nn.BatchNorm2d(4 * width))

    def forward(self, x):
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.relu(self.bn2(self.conv2(out)))
        return self.relu(self.downsample(x) + self.bn3(self.conv3(out)))


# %% right="Bottleneck: torchvision's own order"
class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, width, kernel_size=1, bias=False)
        self.conv2 = nn.Conv2d(width, width, kernel_size=3, stride=stride, padding=1, bias=False)
        self.conv3 = nn.Conv2d(width, width * self.expansion, kernel_size=1, bias=False)
        self.bn1, self.bn2, self.bn3 = (nn.BatchNorm2d(width * factor) for factor in (1, 1, self.expansion))
        self.downsample = None
        if stride > 1 or in_channels != width * self.expansion:
            projection = nn.Conv2d(in_channels, width * self.expansion, kernel_size=1, stride=stride, bias=False)
            self.downsample = nn.Sequential(projection, nn.BatchNorm2d(width * self.expansion))

    def forward(self, x):
        identity = x
        out = self.bn1(self.conv1(x)).relu()
        out = self.bn2(self.conv2(out)).relu()
        out = self.bn3(self.conv3(out))
        if self.downsample is not None:
            identity = self.downsample(x)
        out += identity
        return out.relu()


# %% wrong="Bottleneck: the stride in the first convolution"
class Bottleneck(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        out_channels = 4 * width
        self.conv1, self.bn1 = nn.Conv2d(in_channels, width, 1, stride, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = nn.Conv2d(width, width, 3, padding=1, bias=False), nn.BatchNorm2d(width)
        self.conv3, self.bn3 = nn.Conv2d(width, out_channels, 1, bias=False), nn.BatchNorm2d(out_channels)
        self.downsample = None
        if stride != 1 or in_channels != out_channels:
            projection = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.downsample = nn.Sequential(projection, nn.BatchNorm2d(out_channels))

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn3(self.conv3(F.relu(self.bn2(self.conv2(out)))))
        return F.relu(out + (x if self.downsample is None else self.downsample(x)))


# %% wrong="Bottleneck: does not grow again"
class Bottleneck(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(in_channels, width, 1, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = nn.Conv2d(width, width, 3, stride, padding=1, bias=False), nn.BatchNorm2d(width)
        self.conv3, self.bn3 = nn.Conv2d(width, width, 1, bias=False), nn.BatchNorm2d(width)
        self.downsample = None
        if stride != 1 or in_channels != width:
            projection = nn.Conv2d(in_channels, width, 1, stride, bias=False)
            self.downsample = nn.Sequential(projection, nn.BatchNorm2d(width))

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn3(self.conv3(F.relu(self.bn2(self.conv2(out)))))
        return F.relu(out + (x if self.downsample is None else self.downsample(x)))


# %% wrong="Bottleneck: ReLU before the addition"
class Bottleneck(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        out_channels = 4 * width
        self.conv1, self.bn1 = nn.Conv2d(in_channels, width, 1, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = nn.Conv2d(width, width, 3, stride, padding=1, bias=False), nn.BatchNorm2d(width)
        self.conv3, self.bn3 = nn.Conv2d(width, out_channels, 1, bias=False), nn.BatchNorm2d(out_channels)
        self.downsample = None
        if stride != 1 or in_channels != out_channels:
            projection = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.downsample = nn.Sequential(projection, nn.BatchNorm2d(out_channels))

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = F.relu(self.bn3(self.conv3(F.relu(self.bn2(self.conv2(out))))))
        return F.relu(out + (x if self.downsample is None else self.downsample(x)))


# %% wrong="Bottleneck: no ReLU after the middle"
class Bottleneck(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        out_channels = 4 * width
        self.conv1, self.bn1 = nn.Conv2d(in_channels, width, 1, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = nn.Conv2d(width, width, 3, stride, padding=1, bias=False), nn.BatchNorm2d(width)
        self.conv3, self.bn3 = nn.Conv2d(width, out_channels, 1, bias=False), nn.BatchNorm2d(out_channels)
        self.downsample = None
        if stride != 1 or in_channels != out_channels:
            projection = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.downsample = nn.Sequential(projection, nn.BatchNorm2d(out_channels))

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn3(self.conv3(self.bn2(self.conv2(out))))
        return F.relu(out + (x if self.downsample is None else self.downsample(x)))


# %% wrong="Bottleneck: two norms for three convolutions"
class Bottleneck(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        out_channels = 4 * width
        self.conv1, self.bn1 = nn.Conv2d(in_channels, width, 1, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = nn.Conv2d(width, width, 3, stride, padding=1, bias=False), nn.BatchNorm2d(width)
        self.conv3, self.bn3 = nn.Conv2d(width, out_channels, 1, bias=False), nn.BatchNorm2d(out_channels)
        self.downsample = None
        if stride != 1 or in_channels != out_channels:
            projection = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.downsample = nn.Sequential(projection, nn.BatchNorm2d(out_channels))

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn3(self.conv3(F.relu(self.bn1(self.conv2(out)))))
        return F.relu(out + (x if self.downsample is None else self.downsample(x)))


# %% [markdown]
# Another way to spend a budget came a year earlier, in GoogLeNet: why choose between windows of 1×1, 3×3 and 5×5, and
# pooling? An **inception block** does all four side by side and lays the results on top of each other, channel after
# channel. 1×1 convolutions go before the large windows and keep them cheap, and one follows the pooling.
#
# ```
#          ┌─► one (1×1) ─────────────────────────────┐
#          ├─► three_in (1×1) ─► three_out (3×3) ─────┤
#    x ────┤                                          ├──► concatenate the channels
#          ├─► five_in (1×1) ──► five_out (5×5) ──────┤
#          └─► max pool 3×3, stride 1 ─► pooled (1×1) ┘
# ```
#
# ### Exercise: four ways at once
# difficulty 3/5 · 12 minutes · cards: inception-parts, inception-why
#
# Fill the blanks. A ReLU follows every convolution. Every way keeps height and width.


# %% solution="Inception"
class Inception(nn.Module):
    """(batch, in, h, w) -> (batch, one + three + five + pooled, h, w); three and five are pairs (middle, out)."""

    def __init__(self, in_channels: int, one: int, three: tuple[int, int], five: tuple[int, int], pooled: int):
        super().__init__()
        self.one = nn.Conv2d(in_channels, one, 1)
        self.three_in = nn.Conv2d(in_channels, three[0], 1)  # ? in_channels | three[0]
        self.three_out = nn.Conv2d(three[0], three[1], 3, padding=1)  # ? three[0] | three[1] | 1@2
        self.five_in = nn.Conv2d(in_channels, five[0], 1)  # ? 1
        self.five_out = nn.Conv2d(five[0], five[1], 5, padding=2)  # ? 5 | 2
        self.pooled = nn.Conv2d(in_channels, pooled, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        one = F.relu(self.one(x))
        three = F.relu(self.three_out(F.relu(self.three_in(x))))
        five = F.relu(self.five_out(F.relu(self.five_in(x))))  # ? five_out | relu@2
        pooled = F.relu(self.pooled(F.max_pool2d(x, 3, stride=1, padding=1)))  # ? max_pool2d | stride=1 | padding=1
        return torch.cat([one, three, five, pooled], dim=1)  # ? cat | dim=1


# %% tests="Inception" points=4
def run_inception(inception, sizes, state, x):
    """The output of a student's block with these weights."""
    net = inception(*sizes)
    net.load_state_dict(state)
    return net(x).detach()


def random_inception(rng, n, one, three, five, pooled):
    """Weights of every part, random."""
    shapes = {
        "one": (one, n, 1), "three_in": (three[0], n, 1), "three_out": (three[1], three[0], 3),
        "five_in": (five[0], n, 1), "five_out": (five[1], five[0], 5), "pooled": (pooled, n, 1),
    }  # fmt: skip
    state = {}
    for name, (out, before, side) in shapes.items():
        state[f"{name}.weight"], state[f"{name}.bias"] = rng.tensor(out, before, side, side), rng.tensor(out)
    return state


def patch(state, name, x):
    """One convolution and its ReLU, by cutting the picture into windows and a matrix product."""
    weight, bias = state[f"{name}.weight"], state[f"{name}.bias"]
    side = weight.shape[-1]
    windows = F.unfold(x, side, padding=side // 2)
    return (weight.flatten(1) @ windows + bias[:, None]).clamp(min=0).unflatten(2, x.shape[2:])


def four_ways(state, x):
    """What each of the four ways delivers."""
    padded = F.pad(x, (1, 1, 1, 1), value=-math.inf)
    largest = padded.unfold(2, 3, 1).unfold(3, 3, 1).amax((-1, -2))
    three, five = (patch(state, f"{way}_out", patch(state, f"{way}_in", x)) for way in ("three", "five"))
    return [patch(state, "one", x), three, five, patch(state, "pooled", largest)]


rng = checks.rng()
sizes = (3, 2, (2, 3), (2, 4), 1)
with checks.check(
    "ten channels of the same height and width", hint="2 + 3 + 4 + 1, side by side; what padding does each window need?"
):
    state, x = random_inception(rng, *sizes), rng.tensor(2, 3, 6, 7)
    checks.shape(checks.there(run_inception, Inception, sizes, state, x), 2, 10, 6, 7)
### BEGIN HIDDEN TESTS
n, a, b, c, d = (rng.integer(2, 5) for _ in range(5))
sizes = (n, a, (b, c), (d, b + 1), c + 1)
with checks.check(
    "each of the four ways", hint="follow the drawing; a ReLU after every convolution; which kind of pooling?", points=2
):
    state, x = random_inception(rng, *sizes), rng.tensor(3, n, 5, 8)
    got = checks.there(run_inception, Inception, sizes, state, x)
    expected = torch.cat(four_ways(state, x), dim=1)
    checks.close(got, expected, rtol=1e-4, atol=1e-4 * float(expected.max()))
with checks.check("a picture that is one pixel high", hint="every way must keep the size, whatever it is"):
    state, x = random_inception(rng, *sizes), rng.tensor(1, n, 1, 9) - 2
    got = checks.there(run_inception, Inception, sizes, state, x)
    expected = torch.cat(four_ways(state, x), dim=1)
    checks.close(got, expected, rtol=1e-4, atol=1e-4 * float(expected.max()))
### END HIDDEN TESTS


# %% right="Inception: modules and a loop"
class Inception(nn.Module):
    def __init__(self, in_channels, one, three, five, pooled):
        super().__init__()
        self.one, self.pooled = nn.Conv2d(in_channels, one, 1), nn.Conv2d(in_channels, pooled, 1)
        self.three_in = nn.Conv2d(in_channels, three[0], kernel_size=1)
        self.three_out = nn.Conv2d(*three, kernel_size=3, padding="same")
        self.five_in = nn.Conv2d(in_channels, five[0], kernel_size=1)
        self.five_out = nn.Conv2d(*five, kernel_size=5, padding="same")
        self.pool = nn.MaxPool2d(3, stride=1, padding=1)

    def forward(self, x):
        ways = [self.one(x), self.three_out(self.three_in(x).relu())]
        ways += [self.five_out(self.five_in(x).relu()), self.pooled(self.pool(x))]
        return torch.cat(ways, 1).relu()


# %% right="Inception: written into a result"
class Inception(nn.Module):
    def __init__(self, in_channels, one, three, five, pooled):
        super().__init__()
        self.one = nn.Conv2d(in_channels, one, 1)
        self.three_in = nn.Conv2d(in_channels, three[0], 1)
        self.three_out = nn.Conv2d(three[0], three[1], 3, 1, 1)
        self.five_in = nn.Conv2d(in_channels, five[0], 1)
        self.five_out = nn.Conv2d(five[0], five[1], 5, 1, 2)
        self.pooled = nn.Conv2d(in_channels, pooled, 1)

    def forward(self, x):
        result = self.one(x)
        for way in (
            self.three_out(self.three_in(x).clamp(min=0)),
            self.five_out(self.five_in(x).clamp(min=0)),
            self.pooled(F.max_pool2d(x, kernel_size=3, stride=1, padding=1)),
        ):
            result = torch.concatenate((result, way), dim=-3)
        return result.clamp(min=0)


# %% wrong="Inception: adds the large windows up"
class Inception(nn.Module):
    def __init__(self, in_channels, one, three, five, pooled):
        super().__init__()
        self.one, self.pooled = nn.Conv2d(in_channels, one, 1), nn.Conv2d(in_channels, pooled, 1)
        self.three_in, self.five_in = nn.Conv2d(in_channels, three[0], 1), nn.Conv2d(in_channels, five[0], 1)
        self.three_out = nn.Conv2d(three[0], three[1], 3, padding=1)
        self.five_out = nn.Conv2d(five[0], five[1], 5, padding=2)

    def forward(self, x):
        three = F.relu(self.three_out(F.relu(self.three_in(x))))
        five = F.relu(self.five_out(F.relu(self.five_in(x))))
        pooled = F.relu(self.pooled(F.max_pool2d(x, 3, stride=1, padding=1)))
        return F.relu(self.one(x)) + three + five + pooled


# %% wrong="Inception: pooling that halves the size"
class Inception(nn.Module):
    def __init__(self, in_channels, one, three, five, pooled):
        super().__init__()
        self.one, self.pooled = nn.Conv2d(in_channels, one, 1), nn.Conv2d(in_channels, pooled, 1)
        self.three_in, self.five_in = nn.Conv2d(in_channels, three[0], 1), nn.Conv2d(in_channels, five[0], 1)
        self.three_out = nn.Conv2d(three[0], three[1], 3, padding=1)
        self.five_out = nn.Conv2d(five[0], five[1], 5, padding=2)

    def forward(self, x):
        three = F.relu(self.three_out(F.relu(self.three_in(x))))
        five = F.relu(self.five_out(F.relu(self.five_in(x))))
        pooled = F.relu(self.pooled(F.max_pool2d(x, 2)))
        return torch.cat([F.relu(self.one(x)), three, five, pooled], dim=1)


# %% wrong="Inception: no ReLU between"
class Inception(nn.Module):
    def __init__(self, in_channels, one, three, five, pooled):
        super().__init__()
        self.one, self.pooled = nn.Conv2d(in_channels, one, 1), nn.Conv2d(in_channels, pooled, 1)
        self.three_in, self.five_in = nn.Conv2d(in_channels, three[0], 1), nn.Conv2d(in_channels, five[0], 1)
        self.three_out = nn.Conv2d(three[0], three[1], 3, padding=1)
        self.five_out = nn.Conv2d(five[0], five[1], 5, padding=2)

    def forward(self, x):
        three, five = F.relu(self.three_out(self.three_in(x))), F.relu(self.five_out(self.five_in(x)))
        pooled = F.relu(self.pooled(F.max_pool2d(x, 3, stride=1, padding=1)))
        return torch.cat([F.relu(self.one(x)), three, five, pooled], dim=1)


# %% wrong="Inception: average pooling"
class Inception(nn.Module):
    def __init__(self, in_channels, one, three, five, pooled):
        super().__init__()
        self.one, self.pooled = nn.Conv2d(in_channels, one, 1), nn.Conv2d(in_channels, pooled, 1)
        self.three_in, self.five_in = nn.Conv2d(in_channels, three[0], 1), nn.Conv2d(in_channels, five[0], 1)
        self.three_out = nn.Conv2d(three[0], three[1], 3, padding=1)
        self.five_out = nn.Conv2d(five[0], five[1], 5, padding=2)

    def forward(self, x):
        three = F.relu(self.three_out(F.relu(self.three_in(x))))
        five = F.relu(self.five_out(F.relu(self.five_in(x))))
        pooled = F.relu(self.pooled(F.avg_pool2d(x, 3, stride=1, padding=1)))
        return torch.cat([F.relu(self.one(x)), three, five, pooled], dim=1)


# %% wrong="Inception: the wrong padding for 5×5"
class Inception(nn.Module):
    def __init__(self, in_channels, one, three, five, pooled):
        super().__init__()
        self.one, self.pooled = nn.Conv2d(in_channels, one, 1), nn.Conv2d(in_channels, pooled, 1)
        self.three_in, self.five_in = nn.Conv2d(in_channels, three[0], 1), nn.Conv2d(in_channels, five[0], 1)
        self.three_out = nn.Conv2d(three[0], three[1], 3, padding=1)
        self.five_out = nn.Conv2d(five[0], five[1], 5, padding=1)

    def forward(self, x):
        three = F.relu(self.three_out(F.relu(self.three_in(x))))
        five = F.relu(self.five_out(F.relu(self.five_in(x))))
        pooled = F.relu(self.pooled(F.max_pool2d(x, 3, stride=1, padding=1)))
        return torch.cat([F.relu(self.one(x)), three, five, pooled], dim=1)


# %% wrong="Inception: batch after batch instead of channel after channel"
class Inception(nn.Module):
    def __init__(self, in_channels, one, three, five, pooled):
        super().__init__()
        self.one, self.pooled = nn.Conv2d(in_channels, one, 1), nn.Conv2d(in_channels, pooled, 1)
        self.three_in, self.five_in = nn.Conv2d(in_channels, three[0], 1), nn.Conv2d(in_channels, five[0], 1)
        self.three_out = nn.Conv2d(three[0], three[1], 3, padding=1)
        self.five_out = nn.Conv2d(five[0], five[1], 5, padding=2)

    def forward(self, x):
        three = F.relu(self.three_out(F.relu(self.three_in(x))))
        five = F.relu(self.five_out(F.relu(self.five_in(x))))
        pooled = F.relu(self.pooled(F.max_pool2d(x, 3, stride=1, padding=1)))
        return torch.cat([F.relu(self.one(x)), three, five, pooled], dim=0)


# %% [markdown]
# ## 8 · Stand on somebody's shoulders
#
# Training ResNet-50 on a million photographs takes days on one GPU. You hardly ever have to. Its first layers have
# learnt edges, colours and textures, which are of use for nearly any picture. So people take a **pretrained** network,
# replace the last layer (the **head**), and train a little: **fine-tuning**. In torchvision:
#
# ```python
# weights = torchvision.models.ResNet18_Weights.DEFAULT  # the best that torchvision has
# net = torchvision.models.resnet18(weights=weights)     # downloads them, at the first time
# net = torchvision.models.resnet18(weights=None)        # random weights: predictions are noise until it is trained
# ```
#
# (You will still see `pretrained=True` in older code. It is gone from today's torchvision; `weights=` replaced it.)
# What the published weights reach is written down beside them, and can be read without a download:

# %%
for name in ("alexnet", "vgg16", "squeezenet1_0", "resnet18", "resnet34", "resnet50"):
    weights = torchvision.models.get_model_weights(name).IMAGENET1K_V1
    score, size = weights.meta["_metrics"]["ImageNet-1K"]["acc@1"], weights.meta["num_params"]
    print(f"{name:15}{size:>13,} parameters{score:8.2f} % of ImageNet's validation pictures right")

# %% [markdown]
# ### Exercise: take it from the shelf
# difficulty 2/5 · 10 minutes · cards: load-pretrained, weights-none, replace-fc, sgd-steplr, criterion
#
# Fill the blanks. `prepare` makes everything that a training loop needs: a ResNet-18 with the weights that are asked
# for and a new head, the cross-entropy as loss function, SGD with momentum 0.9 for *all* its parameters, and a
# schedule that divides the learning rate by 10 after every seven epochs.


# %% solution="prepare"
def prepare(weights, classes: int, lr: float):
    """A ResNet-18 for so many classes, its loss function, its optimiser and its schedule."""
    net = torchvision.models.resnet18(weights=weights)  # ? torchvision | models | resnet18 | weights@2
    net.fc = nn.Linear(net.fc.in_features, classes)  # ? fc@1 | in_features | classes
    loss_func = nn.CrossEntropyLoss()  # ? CrossEntropyLoss
    optimizer = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)  # ? SGD | parameters | momentum
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=7, gamma=0.1)  # ? StepLR | optimizer | 7 | 0.1
    return net, loss_func, optimizer, scheduler


# %% tests="prepare" points=4
def facts(prepare, classes, lr, epochs):
    """Shapes of the head, how much of the net the optimiser knows, its momentum, its learning rates by epoch."""
    import torch

    with torch.device("meta"):  # shapes without numbers, which cost nothing
        net, _, optimizer, scheduler = prepare(None, classes, lr)
        scores = net(torch.zeros(2, 3, 64, 64))
    known = [p for group in optimizer.param_groups for p in group["params"]]
    missing = {id(p) for p in net.parameters()} - {id(p) for p in known}
    rates = []
    for _ in range(epochs):
        rates.append(sorted({group["lr"] for group in optimizer.param_groups}))
        optimizer.step()
        scheduler.step()
    momenta = {group["momentum"] for group in optimizer.param_groups}
    size = sum(p.numel() for p in net.parameters())
    counts = {"given to the optimiser": len(known), "of the network, but unknown to it": len(missing)}
    return tuple(scores.shape), size, counts, sorted(momenta), rates


def loss_of(prepare, scores, labels):
    """What the loss function says."""
    import torch

    with torch.device("meta"):
        loss_func = prepare(None, 3, 0.1)[1]
    return loss_func(scores, labels)


with checks.check("one score for each class", hint="how many numbers enter the old head, how many leave the new one?"):
    shape, size, *_ = checks.there(facts, prepare, 2, 0.1, 1)
    checks.equal(shape, (2, 2))
    checks.equal(size, 11_689_512 - 1000 * 513 + 2 * 513)
### BEGIN HIDDEN TESTS
rng = checks.rng()
classes, lr = rng.integer(3, 8), rng.uniform(0.01, 0.1)
with checks.check("the weights that were asked for", hint="does torchvision get to see the argument?"):
    checks.equal(checks.there(facts, prepare, classes, lr, 1)[0], (2, classes))
    checks.raises((KeyError, ValueError, TypeError), prepare, "no such weights", classes, lr)
with checks.check(
    "the optimiser knows every parameter once", hint="all of them, the new head too; made before or after it?"
):
    _, _, known, momenta, _ = checks.there(facts, prepare, classes, lr, 1)
    checks.equal(known, {"given to the optimiser": 62, "of the network, but unknown to it": 0})
    checks.close(momenta, [0.9], what="momentum")
with checks.check("schedule and loss", hint="a tenth after every seven epochs; scores, not probabilities, go in"):
    rates = checks.there(facts, prepare, classes, lr, 15)[-1]
    checks.close(rates, [[lr * 0.1 ** (epoch // 7)] for epoch in range(15)], rtol=1e-6, what="rates by epoch")
    scores, labels = rng.tensor(9, 4), rng.integers(9, low=0, high=3)
    checks.close(checks.there(loss_of, prepare, scores, labels), F.cross_entropy(scores, labels), rtol=1e-4)
### END HIDDEN TESTS


# %% equivalent="prepare: a tenth is what StepLR does if nothing is said"
# - scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=7, gamma=0.1)
# + scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=7)


# %% right="prepare: by the name of the model"
def prepare(weights, classes, lr):
    net = torchvision.models.get_model("resnet18", weights=weights)
    net.fc = nn.Linear(512, classes)
    optimizer = torch.optim.SGD(list(net.parameters()), lr, 0.9)
    return net, F.cross_entropy, optimizer, torch.optim.lr_scheduler.StepLR(optimizer, 7)


# %% right="prepare: a schedule as a function"
def prepare(weights, classes, lr):
    from torchvision.models import resnet18

    net = resnet18(weights=weights)
    inputs = net.fc.weight.shape[1]
    net.fc = nn.Linear(in_features=inputs, out_features=classes)
    optimizer = torch.optim.SGD(params=net.parameters(), momentum=0.9, lr=lr)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda epoch: 0.1 ** (epoch // 7))
    return net, nn.CrossEntropyLoss(), optimizer, scheduler


# %% right="prepare: body and head in two groups, a factor for each epoch"
def prepare(weights, classes, lr):
    net = torchvision.models.resnet18(weights=weights)
    net.fc = nn.Linear(net.fc.in_features, classes)
    body = [parameter for name, parameter in net.named_parameters() if not name.startswith("fc.")]
    groups = [{"params": body}, {"params": net.fc.parameters()}]
    optimizer = torch.optim.SGD(groups, lr=lr, momentum=0.9)
    factor = torch.optim.lr_scheduler.MultiplicativeLR(optimizer, lambda epoch: 1.0 if epoch % 7 else 0.1)
    return net, lambda scores, labels: F.nll_loss(scores.log_softmax(dim=1), labels), optimizer, factor


# %% wrong="prepare: always without weights"
def prepare(weights, classes, lr):
    net = torchvision.models.resnet18(weights=None)
    net.fc = nn.Linear(net.fc.in_features, classes)
    optimizer = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=7, gamma=0.1)
    return net, nn.CrossEntropyLoss(), optimizer, scheduler


# %% wrong="prepare: the optimiser comes before the head"
def prepare(weights, classes, lr):
    net = torchvision.models.resnet18(weights=weights)
    optimizer = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)
    net.fc = nn.Linear(net.fc.in_features, classes)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=7, gamma=0.1)
    return net, nn.CrossEntropyLoss(), optimizer, scheduler


# %% wrong="prepare: number and factor change places"
def prepare(weights, classes, lr):
    net = torchvision.models.resnet18(weights=weights)
    net.fc = nn.Linear(net.fc.in_features, classes)
    optimizer = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=1, gamma=0.7)
    return net, nn.CrossEntropyLoss(), optimizer, scheduler


# %% wrong="prepare: a second layer behind the old head"
def prepare(weights, classes, lr):
    net = torchvision.models.resnet18(weights=weights)
    net.fc = nn.Sequential(net.fc, nn.Linear(1000, classes))
    optimizer = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=7, gamma=0.1)
    return net, nn.CrossEntropyLoss(), optimizer, scheduler


# %% wrong="prepare: no momentum"
def prepare(weights, classes, lr):
    net = torchvision.models.resnet18(weights=weights)
    net.fc = nn.Linear(net.fc.in_features, classes)
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=7, gamma=0.1)
    return net, nn.CrossEntropyLoss(), optimizer, scheduler


# %% wrong="prepare: only the head is trained"
def prepare(weights, classes, lr):
    net = torchvision.models.resnet18(weights=weights)
    net.fc = nn.Linear(net.fc.in_features, classes)
    optimizer = torch.optim.SGD(net.fc.parameters(), lr=lr, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=7, gamma=0.1)
    return net, nn.CrossEntropyLoss(), optimizer, scheduler


# %% [markdown]
# Your own pictures usually lie in folders, one for each class, below a folder for training and one for validation.
# torchvision's `ImageFolder` reads them; the names of the folders, in alphabetical order, are the classes.
#
# A pretrained network expects pictures as it saw them while it learnt: cut to one size, turned into a tensor from 0 to
# 1, and then **normalised**, channel by channel: take away the mean that ImageNet's pictures have there, divide by
# their standard deviation. Leave that out and nothing complains; the predictions are just worse.

# %% setup
import os

from torch.utils.data import DataLoader
from torchvision import datasets, transforms

MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]  # of red, green and blue in ImageNet's pictures

# %% [markdown]
# ### Exercise: pictures in folders
# difficulty 3/5 · 12 minutes · cards: image-folder, pretrained-transforms, channels-last
#
# Fill the blanks.
#
# - `folder_loaders` makes a loader for each of the subfolders `train` and `valid`. Training pictures are shuffled, and
#   flipped left to right at random; validation pictures are neither.
# - `show_batch` draws the first batch of a loader as one picture, in its natural colours. `plotter` is whatever has an
#   `imshow`: `plt` of matplotlib, or `px` after `import plotly.express as px`. Both want the channels as the *last*
#   axis: (height, width, channels).
#
# hint: to undo `(x - mean) / std`, multiply first and add then.


# %% solution="folder_loaders"
def folder_loaders(folder: str, size: int, batch: int):
    """Loaders "train" and "valid" of the pictures in these subfolders of `folder`, and the names of the classes."""
    loaders = {}
    for part in ("train", "valid"):
        steps = [transforms.Resize((size, size)), transforms.ToTensor()]  # ? ToTensor
        steps.append(transforms.Normalize(MEAN, STD))  # ? Normalize | MEAN, STD
        if part == "train":
            steps.append(transforms.RandomHorizontalFlip())  # ? RandomHorizontalFlip
        transform = transforms.Compose(steps)  # ? Compose
        pictures = datasets.ImageFolder(os.path.join(folder, part), transform)  # ? ImageFolder | join | transform
        loaders[part] = DataLoader(pictures, batch_size=batch, shuffle=part == "train")  # ? batch | part == "train"
    return loaders, pictures.classes  # ? classes


def show_batch(plotter, loader):
    """What plotter.imshow makes of the loader's first batch, as one picture (height, width, 3)."""
    pictures, _ = next(iter(loader))  # ? next(iter(loader))
    pictures = pictures * torch.tensor(STD)[:, None, None] + torch.tensor(MEAN)[:, None, None]  # ? STD | MEAN
    grid = torchvision.utils.make_grid(pictures)  # ? make_grid
    return plotter.imshow(grid.permute(1, 2, 0))  # ? imshow | 1, 2, 0


# %% tests="folder_loaders" points=6
def from_folders(folder_loaders, train, valid, names, size, batch):
    """All batches of the loaders for these pictures (n, 3, height, width), spread over folders; and the classes."""
    import tempfile
    from pathlib import Path

    from torchvision.io import write_png

    with tempfile.TemporaryDirectory() as folder:
        for part, pictures in (("train", train), ("valid", valid)):
            for place, picture in enumerate(pictures):
                home = Path(folder, part, names[place % len(names)])
                home.mkdir(parents=True, exist_ok=True)
                write_png(picture.contiguous(), str(home / f"{place:03}.png"))
        loaders, classes = folder_loaders(folder, size, batch)
        return {part: [(x, y) for x, y in loaders[part]] for part in ("train", "valid")}, list(classes)


def in_order(pictures, names):
    """The pictures, normalised, and their classes, in the order in which they lie in folders."""
    home = {name: number for number, name in enumerate(sorted(names))}
    classes = [home[names[place % len(names)]] for place in range(len(pictures))]
    order = sorted(range(len(pictures)), key=lambda place: (classes[place], place))
    mean, std = (torch.tensor(values)[:, None, None] for values in (MEAN, STD))
    return (pictures[order].float() / 255 - mean) / std, torch.tensor([classes[place] for place in order])


class Screen:
    """Has an imshow, and keeps what it is asked to show."""

    def imshow(self, picture, **_):
        self.shown = picture
        return "shown"


def drawn(rng, n, size):
    """n pictures of random bytes."""
    return rng.integers(n, 3, size, size, low=0, high=255).to(torch.uint8)


def put_together(batches):
    """Pictures and classes of all batches."""
    return torch.cat([x for x, _ in batches]), torch.cat([y for _, y in batches])


rng = checks.rng()
with checks.check("folders are classes, in alphabetical order", hint="ImageFolder needs a path and the transform"):
    pictures = drawn(rng, 6, 4)
    batches, classes = checks.there(from_folders, folder_loaders, pictures, pictures, ["wasp", "ant", "bee"], 4, 4)
    checks.equal(classes, ["ant", "bee", "wasp"])
    checks.equal([len(x) for x, _ in batches["valid"]], [4, 2])
with checks.check(
    "a single picture in its natural colours", hint="is the normalisation undone? Which axis holds the channels?"
):
    screen, picture = Screen(), rng.tensor(1, 3, 5, 7, low=0.1, high=0.9)
    mean, std = (torch.tensor(values)[:, None, None] for values in (MEAN, STD))
    show_batch(checks.share(screen, "imshow"), [((picture - mean) / std, torch.tensor([0]))])
    checks.close(screen.shown, [[picture[0, :, h, w].tolist() for w in range(7)] for h in range(5)], atol=1e-5)
### BEGIN HIDDEN TESTS
names, size = rng.words(3), rng.integer(5, 8)
with checks.check(
    "validation pictures, normalised and in order", hint="a tensor, normalised; nothing at random for these"
):
    pictures = drawn(rng, 20, size)
    batches, _ = checks.there(from_folders, folder_loaders, pictures[:3], pictures, names, size, 6)
    expected, classes = in_order(pictures, names)
    x, y = put_together(batches["valid"])
    checks.close(x, expected, rtol=1e-4, atol=1e-5)
    checks.equal(y, classes)
with checks.check(
    "training pictures, some of them flipped", hint="flipped and shuffled in this part alone, normalised in both"
):
    pictures = drawn(rng, 40, size)
    batches, _ = checks.there(from_folders, folder_loaders, pictures, pictures[:3], names, size, 16)
    expected, classes = in_order(pictures, names)
    x, y = put_together(batches["train"])
    # p=1, since cdist finds Euclidean distances by a product that leaves 0.01 where there should be none.
    gaps = torch.cdist(x.flatten(1), torch.cat([expected, expected.flip(3)]).flatten(1), p=1)
    checks.true((gaps.amin(1) < 1e-2).all(), "each picture should be as it lies there, or flipped left to right")
    found = gaps.argmin(1)
    checks.equal((found % 40).sort().values, torch.arange(40))
    checks.equal(y, classes[found % 40])
    # None or all of 40 flipped: 2 in 2**40. The old order: 1 in 40!.
    checks.true(0 < int((found >= 40).sum()) < 40, "about half of the pictures should be flipped")
    checks.true(not torch.equal(found % 40, torch.arange(40)), "the pictures came in the order of their folders")
with checks.check(
    "any size becomes the size that is asked for", hint="Resize takes a pair; one number keeps the proportions"
):
    flat = (rng.integers(4, 3, low=0, high=255).to(torch.uint8)[:, :, None, None] * torch.ones(9, 14)).to(torch.uint8)
    batches, _ = checks.there(from_folders, folder_loaders, flat, flat[:1], names, size, 4)
    expected, _ = in_order(flat[:1, :, :size, :size], names)
    checks.close(batches["valid"][0][0], expected, rtol=1e-4, atol=1e-5)
    checks.shape(batches["train"][0][0], 4, 3, size, size)
with checks.check("several pictures side by side", hint="one grid of all pictures, the channels at its end"):
    screen, pictures = Screen(), rng.tensor(6, 3, 5, 4, low=0.1, high=0.9)
    show_batch(checks.share(screen, "imshow"), [((pictures - mean) / std, torch.zeros(6))])
    checks.shape(screen.shown, None, None, 3)
    shown = torch.as_tensor(screen.shown).float()
    checks.close(shown.sum((0, 1)), pictures.sum((0, 2, 3)), rtol=1e-4)  # the paper between the pictures is black
### END HIDDEN TESTS


# %% right="folder_loaders: a pipeline for each part"
def folder_loaders(folder, size, batch):
    last = [transforms.ToTensor(), transforms.Normalize(mean=MEAN, std=STD)]
    first = transforms.Resize((size, size))
    pipelines = {
        "train": transforms.Compose([first, transforms.RandomHorizontalFlip(), *last]),
        "valid": transforms.Compose([first, *last]),
    }
    sets = {part: datasets.ImageFolder(f"{folder}/{part}", transform=steps) for part, steps in pipelines.items()}
    loaders = {part: DataLoader(sets[part], batch, shuffle=(part == "train")) for part in sets}
    return loaders, sets["valid"].classes


def show_batch(plotter, loader):
    pictures, *_ = next(iter(loader))
    natural = torch.stack([p * torch.tensor(STD).view(3, 1, 1) + torch.tensor(MEAN).view(3, 1, 1) for p in pictures])
    plotter.imshow(torchvision.utils.make_grid(natural, nrow=4).numpy().transpose((1, 2, 0)).clip(0, 1))


# %% right="folder_loaders: transforms v2, classes from the folders"
def folder_loaders(folder, size, batch):
    from pathlib import Path

    from torchvision.transforms import v2

    def loader(part, flip):
        steps = [v2.ToImage(), v2.Resize([size, size]), v2.ToDtype(torch.float32, scale=True), v2.Normalize(MEAN, STD)]
        pictures = datasets.ImageFolder(Path(folder) / part, v2.Compose([v2.RandomHorizontalFlip(flip), *steps]))
        return DataLoader(pictures, batch_size=batch, shuffle=flip > 0)

    names = sorted(entry.name for entry in os.scandir(os.path.join(folder, "train")) if entry.is_dir())
    return {"train": loader("train", 0.5), "valid": loader("valid", 0.0)}, names


def show_batch(plotter, loader):
    pictures = next(iter(loader))[0].permute(0, 2, 3, 1) * torch.tensor(STD) + torch.tensor(MEAN)
    return plotter.imshow(torch.cat(list(pictures), dim=1))


# %% wrong="folder_loaders: forgets to normalise"
def folder_loaders(folder, size, batch):
    loaders = {}
    for part in ("train", "valid"):
        steps = [transforms.Resize((size, size)), transforms.ToTensor()]
        if part == "train":
            steps.append(transforms.RandomHorizontalFlip())
        pictures = datasets.ImageFolder(os.path.join(folder, part), transforms.Compose(steps))
        loaders[part] = DataLoader(pictures, batch_size=batch, shuffle=part == "train")
    return loaders, pictures.classes


def show_batch(plotter, loader):
    pictures, _ = next(iter(loader))
    pictures = pictures * torch.tensor(STD)[:, None, None] + torch.tensor(MEAN)[:, None, None]
    return plotter.imshow(torchvision.utils.make_grid(pictures).permute(1, 2, 0))


# %% wrong="folder_loaders: flips and shuffles the validation pictures too"
def folder_loaders(folder, size, batch):
    loaders = {}
    for part in ("train", "valid"):
        steps = [transforms.Resize((size, size)), transforms.RandomHorizontalFlip()]
        steps += [transforms.ToTensor(), transforms.Normalize(MEAN, STD)]
        pictures = datasets.ImageFolder(os.path.join(folder, part), transforms.Compose(steps))
        loaders[part] = DataLoader(pictures, batch_size=batch, shuffle=True)
    return loaders, pictures.classes


def show_batch(plotter, loader):
    pictures, _ = next(iter(loader))
    pictures = pictures * torch.tensor(STD)[:, None, None] + torch.tensor(MEAN)[:, None, None]
    return plotter.imshow(torchvision.utils.make_grid(pictures).permute(1, 2, 0))


# %% wrong="folder_loaders: one number for the size keeps the shape"
def folder_loaders(folder, size, batch):
    loaders = {}
    for part in ("train", "valid"):
        steps = [transforms.Resize(size), transforms.ToTensor(), transforms.Normalize(MEAN, STD)]
        if part == "train":
            steps.append(transforms.RandomHorizontalFlip())
        pictures = datasets.ImageFolder(os.path.join(folder, part), transforms.Compose(steps))
        loaders[part] = DataLoader(pictures, batch_size=batch, shuffle=part == "train")
    return loaders, pictures.classes


def show_batch(plotter, loader):
    pictures, _ = next(iter(loader))
    pictures = pictures * torch.tensor(STD)[:, None, None] + torch.tensor(MEAN)[:, None, None]
    return plotter.imshow(torchvision.utils.make_grid(pictures).permute(1, 2, 0))


# %% wrong="folder_loaders: transposes height and width as well"
def folder_loaders(folder, size, batch):
    loaders = {}
    for part in ("train", "valid"):
        steps = [transforms.Resize((size, size)), transforms.ToTensor(), transforms.Normalize(MEAN, STD)]
        if part == "train":
            steps.append(transforms.RandomHorizontalFlip())
        pictures = datasets.ImageFolder(os.path.join(folder, part), transforms.Compose(steps))
        loaders[part] = DataLoader(pictures, batch_size=batch, shuffle=part == "train")
    return loaders, pictures.classes


def show_batch(plotter, loader):
    pictures, _ = next(iter(loader))
    pictures = pictures * torch.tensor(STD)[:, None, None] + torch.tensor(MEAN)[:, None, None]
    return plotter.imshow(torchvision.utils.make_grid(pictures).T)


# %% wrong="folder_loaders: shows what the network sees"
def folder_loaders(folder, size, batch):
    loaders = {}
    for part in ("train", "valid"):
        steps = [transforms.Resize((size, size)), transforms.ToTensor(), transforms.Normalize(MEAN, STD)]
        if part == "train":
            steps.append(transforms.RandomHorizontalFlip())
        pictures = datasets.ImageFolder(os.path.join(folder, part), transforms.Compose(steps))
        loaders[part] = DataLoader(pictures, batch_size=batch, shuffle=part == "train")
    return loaders, pictures.classes


def show_batch(plotter, loader):
    pictures, _ = next(iter(loader))
    return plotter.imshow(torchvision.utils.make_grid(pictures).permute(1, 2, 0))


# %% wrong="folder_loaders: adds before it multiplies"
def folder_loaders(folder, size, batch):
    loaders = {}
    for part in ("train", "valid"):
        steps = [transforms.Resize((size, size)), transforms.ToTensor(), transforms.Normalize(MEAN, STD)]
        if part == "train":
            steps.append(transforms.RandomHorizontalFlip())
        pictures = datasets.ImageFolder(os.path.join(folder, part), transforms.Compose(steps))
        loaders[part] = DataLoader(pictures, batch_size=batch, shuffle=part == "train")
    return loaders, pictures.classes


def show_batch(plotter, loader):
    pictures, _ = next(iter(loader))
    pictures = (pictures + torch.tensor(MEAN)[:, None, None]) * torch.tensor(STD)[:, None, None]
    return plotter.imshow(torchvision.utils.make_grid(pictures).permute(1, 2, 0))


# %% [markdown]
# Put some digits into folders, as if somebody had sent them to you, and look. **Predict:** what will the flipped ones
# look like, and would you flip digits if you trained with them?

# %%
import tempfile

with tempfile.TemporaryDirectory() as folder:
    for part, x, y in (("train", digits.train_x, digits.train_y), ("valid", digits.valid_x, digits.valid_y)):
        for digit, name in ((2, "two"), (4, "four"), (7, "seven")):
            home = os.path.join(folder, part, name)
            os.makedirs(home)
            for place, picture in enumerate(x[y == digit][:8]):
                torchvision.utils.save_image(1 - picture, os.path.join(home, f"{place}.png"))
    loaders, classes = folder_loaders(folder, size=48, batch=24)
    print("classes:", classes)
    plt.figure(figsize=(7, 3))
    show_batch(plt, loaders["train"])
    plt.axis("off")

# %% [markdown]
# Every family of networks keeps its head in another place. Print one and look at the end:

# %%
with torch.device("meta"):
    for name in ("alexnet", "squeezenet1_0", "densenet121"):
        print(name, torchvision.models.get_model(name, weights=None).classifier)

# %% [markdown]
# VGG looks like AlexNet here. SqueezeNet's head is a 1×1 *convolution* with 512 channels in. Inception v3 has two
# heads: `fc`, and in `AuxLogits.fc` an **auxiliary** one further down, which pushes the gradient into the middle of
# the network. While training, that network returns both outputs, and the loss is `main + 0.4 * auxiliary`; in
# evaluation mode only the main one.
#
# ### Exercise: new heads for six families
# difficulty 3/5 · 12 minutes · cards: heads-of-families, inception-aux, squeezenet, initialiser-function
#
# Fill the blanks: each network gets a fresh head for `classes` classes and keeps everything else.


# %% solution="replace_head"
def replace_head(family: str, net: nn.Module, classes: int) -> nn.Module:
    """The same network with a new last layer."""
    if family == "resnet":
        net.fc = nn.Linear(net.fc.in_features, classes)  # ? fc@1 | net.fc.in_features | classes
    elif family in ("alexnet", "vgg"):
        net.classifier[6] = nn.Linear(net.classifier[6].in_features, classes)  # ? classifier@1 | 6@1 | in_features
    elif family == "squeezenet":
        net.classifier[1] = nn.Conv2d(512, classes, kernel_size=1)  # ? 1@1 | Conv2d | classes
    elif family == "densenet":
        net.classifier = nn.Linear(net.classifier.in_features, classes)  # ? classifier@1 | Linear
    elif family == "inception":
        net.fc = nn.Linear(net.fc.in_features, classes)  # ? fc@1
        net.AuxLogits.fc = nn.Linear(net.AuxLogits.fc.in_features, classes)  # ? AuxLogits@1 | classes
    return net


# %% tests="replace_head" points=4
def new_head(replace_head, family, name, classes):
    """The shapes of everything in the network, and the names of what is new in it."""
    import torch
    import torchvision

    options = {"init_weights": False} if family == "inception" else {}
    with torch.device("meta"):  # shapes without numbers, which cost nothing
        net = torchvision.models.get_model(name, weights=None, **options)
        before = list(net.parameters())  # held on to, so that no new tensor gets the id of an old one
        net = replace_head(family, net, classes)
    shapes, old = {name: tuple(p.shape) for name, p in net.named_parameters()}, {id(p) for p in before}
    return shapes, sorted(name for name, p in net.named_parameters() if id(p) not in old)


def as_it_should_be(family, name, classes):
    """The same from a network that torchvision makes for that many classes at once."""
    options = {"init_weights": False} if family == "inception" else {}
    with torch.device("meta"):
        before = torchvision.models.get_model(name, weights=None, **options)
        after = torchvision.models.get_model(name, weights=None, num_classes=classes, **options)
    shapes = {name: tuple(p.shape) for name, p in after.named_parameters()}
    old = {name: tuple(p.shape) for name, p in before.named_parameters()}
    return shapes, sorted(name for name in shapes if shapes[name] != old[name])


with checks.check("a ResNet-18 for five classes", hint="print net and look at its last line"):
    checks.equal(
        checks.there(new_head, replace_head, "resnet", "resnet18", 5), as_it_should_be("resnet", "resnet18", 5)
    )
### BEGIN HIDDEN TESTS
rng = checks.rng()
families = {"alexnet": "alexnet", "vgg": "vgg11", "squeezenet": "squeezenet1_1", "densenet": "densenet121"}
with checks.check("AlexNet, VGG, SqueezeNet and DenseNet", hint="which entry of classifier is the last with weights?"):
    for family, name in families.items():
        classes = rng.integer(2, 40)
        got = checks.there(new_head, replace_head, family, name, classes)
        checks.equal(got, as_it_should_be(family, name, classes), what=name)
with checks.check("another ResNet: the width of its head differs", hint="ask the old head for its size"):
    classes = rng.integer(2, 40)
    got = checks.there(new_head, replace_head, "resnet", "resnet50", classes)
    checks.equal(got, as_it_should_be("resnet", "resnet50", classes))
with checks.check("Inception has two heads", hint="look at net.AuxLogits"):
    classes = rng.integer(2, 40)
    got = checks.there(new_head, replace_head, "inception", "inception_v3", classes)
    checks.equal(got, as_it_should_be("inception", "inception_v3", classes))
### END HIDDEN TESTS


# %% right="replace_head: a table of places"
def replace_head(family, net, classes):
    if family == "squeezenet":
        net.classifier[1] = nn.Conv2d(net.classifier[1].in_channels, classes, (1, 1), (1, 1))
        return net
    places = {"alexnet": ["classifier.6"], "vgg": ["classifier.6"], "densenet": ["classifier"], "resnet": ["fc"]}
    for place in places.get(family, ["fc", "AuxLogits.fc"]):
        owner, _, name = place.rpartition(".")
        old = net.get_submodule(place)
        setattr(net.get_submodule(owner), name, nn.Linear(old.in_features, classes))
    return net


# %% right="replace_head: match"
def replace_head(family, net, classes):
    def fresh(old):
        return nn.Linear(old.weight.shape[1], classes, bias=True)

    match family:
        case "resnet":
            net.fc = fresh(net.fc)
        case "alexnet" | "vgg":
            net.classifier[-1] = fresh(net.classifier[-1])
        case "squeezenet":
            net.classifier[1] = nn.Conv2d(512, classes, 1)
        case "densenet":
            net.classifier = fresh(net.classifier)
        case "inception":
            net.AuxLogits.fc, net.fc = fresh(net.AuxLogits.fc), fresh(net.fc)
    return net


# %% wrong="replace_head: one head of Inception"
def replace_head(family, net, classes):
    if family in ("resnet", "inception"):
        net.fc = nn.Linear(net.fc.in_features, classes)
    elif family in ("alexnet", "vgg"):
        net.classifier[6] = nn.Linear(net.classifier[6].in_features, classes)
    elif family == "squeezenet":
        net.classifier[1] = nn.Conv2d(512, classes, kernel_size=1)
    elif family == "densenet":
        net.classifier = nn.Linear(net.classifier.in_features, classes)
    return net


# %% wrong="replace_head: 512 everywhere"
def replace_head(family, net, classes):
    if family == "resnet":
        net.fc = nn.Linear(512, classes)
    elif family in ("alexnet", "vgg"):
        net.classifier[6] = nn.Linear(net.classifier[6].in_features, classes)
    elif family == "squeezenet":
        net.classifier[1] = nn.Conv2d(512, classes, kernel_size=1)
    elif family == "densenet":
        net.classifier = nn.Linear(net.classifier.in_features, classes)
    elif family == "inception":
        net.fc = nn.Linear(net.fc.in_features, classes)
        net.AuxLogits.fc = nn.Linear(net.AuxLogits.fc.in_features, classes)
    return net


# %% wrong="replace_head: the whole classifier of VGG"
def replace_head(family, net, classes):
    if family == "resnet":
        net.fc = nn.Linear(net.fc.in_features, classes)
    elif family in ("alexnet", "vgg"):
        net.classifier = nn.Linear(net.classifier[6].in_features, classes)
    elif family == "squeezenet":
        net.classifier[1] = nn.Conv2d(512, classes, kernel_size=1)
    elif family == "densenet":
        net.classifier = nn.Linear(net.classifier.in_features, classes)
    elif family == "inception":
        net.fc = nn.Linear(net.fc.in_features, classes)
        net.AuxLogits.fc = nn.Linear(net.AuxLogits.fc.in_features, classes)
    return net


# %% wrong="replace_head: a dense layer for SqueezeNet"
def replace_head(family, net, classes):
    if family == "resnet":
        net.fc = nn.Linear(net.fc.in_features, classes)
    elif family in ("alexnet", "vgg"):
        net.classifier[6] = nn.Linear(net.classifier[6].in_features, classes)
    elif family == "squeezenet":
        net.classifier[1] = nn.Linear(512, classes)
    elif family == "densenet":
        net.classifier = nn.Linear(net.classifier.in_features, classes)
    elif family == "inception":
        net.fc = nn.Linear(net.fc.in_features, classes)
        net.AuxLogits.fc = nn.Linear(net.AuxLogits.fc.in_features, classes)
    return net


# %% wrong="replace_head: changes a number instead of the layer"
def replace_head(family, net, classes):
    if family == "resnet":
        net.fc.out_features = classes
    elif family in ("alexnet", "vgg"):
        net.classifier[6].out_features = classes
    elif family == "squeezenet":
        net.classifier[1].out_channels = classes
    elif family == "densenet":
        net.classifier.out_features = classes
    return net


# %% [markdown]
# With very few pictures, keep the pretrained layers as they are and train the head alone. Those layers are then
# **frozen**: they still compute, and no gradient changes them. As no gradient is computed for them either, it is much
# faster too.
#
# The order matters. A new layer's parameters require a gradient; what you freeze is what is there *when* you freeze.
#
# ### Exercise: freeze
# difficulty 3/5 · 8 minutes · cards: freeze, freeze-order, replace-fc
#
# Fill the blanks: freeze everything that is in `net`, give it a new head `fc` for `classes` classes, and return an
# SGD optimiser with momentum 0.9 that knows the head's parameters and no others.


# %% solution="freeze_for"
def freeze_for(net: nn.Module, classes: int, lr: float) -> torch.optim.Optimizer:
    """Freezes net and gives it a fresh head fc, in place; returns an optimiser for the head alone."""
    for parameter in net.parameters():  # ? parameters
        parameter.requires_grad = False  # ? requires_grad | False
    net.fc = nn.Linear(net.fc.in_features, classes)  # ? fc@1 | Linear | in_features | classes
    return torch.optim.SGD(net.fc.parameters(), lr=lr, momentum=0.9)  # ? SGD | net.fc.parameters() | 0.9


# %% tests="freeze_for" points=4
def frozen(freeze_for, classes, lr, on_head=1.0):
    """Facts about a small net after freezing, and how far two steps with gradients of one move each parameter."""
    import torch
    from torch import nn

    class Small(nn.Module):
        def __init__(self):
            super().__init__()
            self.body, self.fc = nn.Sequential(nn.Linear(3, 5), nn.BatchNorm1d(5), nn.ReLU()), nn.Linear(5, 7)

        def forward(self, x):
            return self.fc(self.body(x))

    net = Small()
    optimizer = freeze_for(net, classes, lr)
    known = {id(p) for group in optimizer.param_groups for p in group["params"]}
    names = {name: [p.requires_grad, id(p) in known] for name, p in net.named_parameters()}
    before = [p.detach().clone() for p in net.parameters()]
    for _ in range(2):
        optimizer.zero_grad()
        net(torch.ones(4, 3))  # the frozen part still computes
        for p in net.fc.parameters():
            p.grad = torch.ones_like(p)
        optimizer.step()
    moved = [float((old - new.detach()).mean()) for old, new in zip(before, net.parameters(), strict=True)]
    return names, [tuple(p.shape) for p in net.fc.parameters()], moved


with checks.check("the old layers are frozen", hint="how exactly is the attribute spelt?"):
    names, *_ = checks.there(frozen, freeze_for, 2, 0.1)
    checks.equal([names[name][0] for name in names if name.startswith("body")], [False] * 4)
### BEGIN HIDDEN TESTS
rng = checks.rng()
classes, lr = rng.integer(3, 6), rng.uniform(0.05, 0.2)
with checks.check("the new head is not", hint="which comes first, freezing or the new head?"):
    names, shapes, _ = checks.there(frozen, freeze_for, classes, lr)
    checks.equal([names["fc.weight"][0], names["fc.bias"][0]], [True, True])
    checks.equal(shapes, [(classes, 5), (classes,)])
with checks.check("the optimiser knows the head and nothing else", hint="whose parameters does it get?"):
    names, *_ = checks.there(frozen, freeze_for, classes, lr)
    checks.equal({name: known for name, (_, known) in names.items()}, {name: name.startswith("fc") for name in names})
with checks.check("two steps move the head, with momentum", hint="lr, then lr times 1 + 0.9"):
    moved = checks.there(frozen, freeze_for, classes, lr)[2]
    checks.close(moved, [0.0] * 4 + [lr * 2.9] * 2, rtol=1e-3, atol=1e-6)
### END HIDDEN TESTS


# %% right="freeze_for: requires_grad_ on the whole net"
def freeze_for(net, classes, lr):
    net.requires_grad_(False)
    net.fc = nn.Linear(net.fc.weight.shape[1], classes)
    trainable = [p for p in net.parameters() if p.requires_grad]
    return torch.optim.SGD(trainable, lr, 0.9)


# %% right="freeze_for: head first, then freeze the rest by name"
def freeze_for(net, classes, lr):
    net.fc = nn.Linear(net.fc.in_features, classes)
    for name, parameter in net.named_parameters():
        parameter.requires_grad = name.startswith("fc.")
    return torch.optim.SGD([{"params": net.fc.parameters(), "lr": lr}], momentum=0.9, lr=lr)


# %% wrong="freeze_for: freezes the new head too"
def freeze_for(net, classes, lr):
    net.fc = nn.Linear(net.fc.in_features, classes)
    for parameter in net.parameters():
        parameter.requires_grad = False
    return torch.optim.SGD(net.fc.parameters(), lr=lr, momentum=0.9)


# %% wrong="freeze_for: a misspelt attribute"
def freeze_for(net, classes, lr):
    for parameter in net.parameters():
        parameter.require_grad = False
    net.fc = nn.Linear(net.fc.in_features, classes)
    return torch.optim.SGD(net.fc.parameters(), lr=lr, momentum=0.9)


# %% wrong="freeze_for: sets the flag on the module"
def freeze_for(net, classes, lr):
    for module in net.modules():
        module.requires_grad = False
    net.fc = nn.Linear(net.fc.in_features, classes)
    return torch.optim.SGD(net.fc.parameters(), lr=lr, momentum=0.9)


# %% wrong="freeze_for: the optimiser knows everything"
def freeze_for(net, classes, lr):
    for parameter in net.parameters():
        parameter.requires_grad = False
    net.fc = nn.Linear(net.fc.in_features, classes)
    return torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)


# %% wrong="freeze_for: the optimiser knows the old head"
def freeze_for(net, classes, lr):
    for parameter in net.parameters():
        parameter.requires_grad = False
    optimizer = torch.optim.SGD(net.fc.parameters(), lr=lr, momentum=0.9)
    net.fc = nn.Linear(net.fc.in_features, classes)
    return optimizer


# %% wrong="freeze_for: no momentum"
def freeze_for(net, classes, lr):
    for parameter in net.parameters():
        parameter.requires_grad = False
    net.fc = nn.Linear(net.fc.in_features, classes)
    return torch.optim.SGD(net.fc.parameters(), lr=lr)


# %% [markdown]
# Between "frozen" and "trained like the rest" lies a middle way: let early layers, whose edges and textures are fine
# already, move *slowly*, and later ones faster. These are **discriminative learning rates**, and PyTorch's optimisers
# take them as a list of **parameter groups**, dicts of the form `{"params": [...], "lr": ...}`.
#
# ### Exercise: slow at the bottom, fast at the top
# difficulty 3/5 · 10 minutes · cards: parameter-groups, discriminative-rates
#
# Make one group for each *child* of `net` (`net.children()` comes in order from input to output). The last one learns
# at `lr`, the one before at `lr / factor`, the one before that at `lr / factor**2`, and so on. A child without
# parameters (a ReLU, say) makes no group and does not count.
#
# hint: Walk from the end: `reversed(list(net.children()))`.


# %% solution="discriminative_groups"
def discriminative_groups(net: nn.Module, lr: float, factor: float) -> list[dict]:
    """Parameter groups for an optimiser, one a child; rates fall by the factor from the last child to the first."""
    ### BEGIN SOLUTION
    groups = []
    for child in reversed(list(net.children())):
        params = list(child.parameters())
        if params:
            groups.append({"params": params, "lr": lr / factor ** len(groups)})
    return groups
    ### END SOLUTION


# %% tests="discriminative_groups" points=4
def rates(discriminative_groups, lr, factor, plan):
    """Each parameter's learning rate in an optimiser, and how far a step with gradients of one moves it."""
    import torch
    from torch import nn

    makers = {
        "dense": lambda: nn.Linear(2, 2),
        "relu": nn.ReLU,
        "norm": lambda: nn.BatchNorm1d(2),
        "two": lambda: nn.Sequential(nn.Linear(2, 2), nn.Sequential(nn.ReLU(), nn.Linear(2, 2, bias=False))),
    }
    net = nn.Sequential(*(makers[name]() for name in plan))
    optimizer = torch.optim.SGD(discriminative_groups(net, lr, factor), lr=1000.0)
    names = {id(p): name for name, p in net.named_parameters()}
    found = {names[id(p)]: group["lr"] for group in optimizer.param_groups for p in group["params"]}
    before = {name: p.detach().clone() for name, p in net.named_parameters()}
    for p in net.parameters():
        p.grad = torch.ones_like(p)
    optimizer.step()
    moved = {name: float((before[name] - p.detach()).mean()) for name, p in net.named_parameters()}
    return found, moved, len(optimizer.param_groups)


with checks.check("three layers, a factor of ten", hint="which layer gets the largest rate?"):
    found, _, _ = checks.there(rates, discriminative_groups, 1.0, 10.0, ["dense", "dense", "dense"])
    checks.close([found[f"{place}.weight"] for place in range(3)], [0.01, 0.1, 1.0], rtol=1e-6)
### BEGIN HIDDEN TESTS
rng = checks.rng()
lr, factor = rng.uniform(0.1, 1), rng.uniform(1.5, 4)
with checks.check("children without parameters do not count", hint="a ReLU should not cost a factor"):
    found, _, count = checks.there(rates, discriminative_groups, lr, factor, ["dense", "relu", "norm", "relu", "dense"])
    expected = {0: lr / factor**2, 2: lr / factor, 4: lr}
    wanted = {f"{place}.{part}": rate for place, rate in expected.items() for part in ("weight", "bias")}
    checks.equal(sorted(found), sorted(wanted))
    checks.close([found[name] for name in wanted], list(wanted.values()), rtol=1e-6)
    checks.equal(count, 3)
with checks.check(
    "everything inside a child moves at one rate", points=2, hint="parameters(), not children, of a child"
):
    _, moved, count = checks.there(rates, discriminative_groups, lr, factor, ["two", "dense", "two", "relu"])
    names = {0: ["0.weight", "0.bias", "1.1.weight"], 1: ["weight", "bias"], 2: ["0.weight", "0.bias", "1.1.weight"]}
    for place, parts in names.items():
        got = [moved[f"{place}.{part}"] for part in parts]
        checks.close(got, [lr / factor ** (2 - place)] * len(parts), rtol=1e-3)
    checks.equal(count, 3)
### END HIDDEN TESTS


# %% right="discriminative_groups: from the front"
def discriminative_groups(net, lr, factor):
    children = [child for child in net.children() if list(child.parameters())]
    last = len(children) - 1
    return [{"params": child.parameters(), "lr": lr * factor ** (place - last)} for place, child in enumerate(children)]


# %% right="discriminative_groups: a rate that shrinks"
def discriminative_groups(net, lr, factor):
    groups, rate = [], lr
    for child in list(net.children())[::-1]:
        if sum(p.numel() for p in child.parameters()) == 0:
            continue
        groups.insert(0, {"params": [*child.parameters()], "lr": rate})
        rate = rate / factor
    return groups


# %% wrong="discriminative_groups: fast at the bottom"
def discriminative_groups(net, lr, factor):
    groups = []
    for child in net.children():
        params = list(child.parameters())
        if params:
            groups.append({"params": params, "lr": lr / factor ** len(groups)})
    return groups


# %% wrong="discriminative_groups: a ReLU counts"
def discriminative_groups(net, lr, factor):
    groups = []
    for place, child in enumerate(reversed(list(net.children()))):
        params = list(child.parameters())
        if params:
            groups.append({"params": params, "lr": lr / factor**place})
    return groups


# %% wrong="discriminative_groups: takes away the same amount each time"
def discriminative_groups(net, lr, factor):
    groups = []
    for child in reversed(list(net.children())):
        params = list(child.parameters())
        if params:
            groups.append({"params": params, "lr": lr / (1 + len(groups) * (factor - 1))})
    return groups


# %% wrong="discriminative_groups: a group for each parameter"
def discriminative_groups(net, lr, factor):
    groups = []
    for p in reversed(list(net.parameters())):
        groups.append({"params": [p], "lr": lr / factor ** len(groups)})
    return groups


# %% wrong="discriminative_groups: the last one is divided too"
def discriminative_groups(net, lr, factor):
    groups = []
    for child in reversed(list(net.children())):
        params = list(child.parameters())
        if params:
            groups.append({"params": params, "lr": lr / factor ** (len(groups) + 1)})
    return groups


# %% [markdown]
# With few pictures, the best epoch is seldom the last one. So a fine-tuning loop validates after every epoch, and
# **keeps the best weights**. One line of it is easily wrong: `state_dict()` returns the network's *own* tensors, and
# they go on changing. To keep them, copy them.
#
# ### Exercise: train, validate, keep the best
# difficulty 4/5 · 15 minutes · cards: phases, set-grad-enabled, keep-best, deepcopy-state, scheduler-step, loop-lines
#
# Fill the blanks. `loaders["train"]` and `loaders["valid"]` deliver batches. In the training phase the network is in
# training mode and gradients are recorded; in the validation phase neither. The schedule moves on once an epoch, after
# the training phase. Of two equally good epochs, the first one is kept.


# %% solution="fine_tune"
def fine_tune(net, loaders, loss_func, optimizer, scheduler, epochs: int) -> float:
    """Trains net; leaves it with the weights of its best epoch, and returns that epoch's validation accuracy."""
    best_accuracy, best_weights = 0.0, None
    for _ in range(epochs):
        for phase in ("train", "valid"):
            if phase == "train":
                net.train()  # ? train
            else:
                net.eval()  # ? eval
            right, total = 0, 0
            for xb, yb in loaders[phase]:
                optimizer.zero_grad()  # ? zero_grad
                with torch.set_grad_enabled(phase == "train"):  # ? set_grad_enabled | phase == "train"
                    scores = net(xb)
                    loss = loss_func(scores, yb)  # ? scores | yb
                if phase == "train":
                    loss.backward()  # ? backward
                    optimizer.step()  # ? step
                right += (scores.argmax(dim=1) == yb).sum().item()  # ? argmax
                total += len(yb)
            if phase == "train":
                scheduler.step()  # ? scheduler.step()
            elif right / total > best_accuracy:
                best_accuracy = right / total
                best_weights = copy.deepcopy(net.state_dict())  # ? deepcopy | state_dict
    net.load_state_dict(best_weights)  # ? load_state_dict
    return best_accuracy


# %% tests="fine_tune" points=6
def tuned(fine_tune, train, valid, plan):
    """Fine-tunes a net of one number w, which says class 1 where x is smaller than w; see the loss below.

    Returns the accuracy that came back, w, a buffer that counts batches in training mode, the calls, the rate.
    """
    import torch
    from torch import nn
    from torch.utils.data import DataLoader, TensorDataset

    calls = []

    class Threshold(nn.Module):
        def __init__(self):
            super().__init__()
            self.w = nn.Parameter(torch.zeros(()))
            self.register_buffer("seen", torch.zeros(()))

        def forward(self, x):
            calls.append([self.training, torch.is_grad_enabled()])
            if self.training:
                self.seen += 1
            score = self.w - x
            return torch.stack([torch.zeros_like(score), score], dim=1)

    def loss_func(scores, labels):  # its slope is -1, or -3 where all labels are right: w climbs by lr or 3 lr a step
        return -scores[:, 1].mean() * (1 + 2 * labels.float().min())

    net = Threshold()
    optimizer = torch.optim.SGD(net.parameters(), lr=plan["lr"])
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=plan["step_size"], gamma=0.5)
    loaders = {
        "train": DataLoader(TensorDataset(*train), batch_size=plan["batch"]),
        "valid": DataLoader(TensorDataset(*valid), batch_size=plan["batch"]),
    }
    best = fine_tune(net, loaders, loss_func, optimizer, scheduler, plan["epochs"])
    return float(best), net.w.item(), net.seen.item(), calls, optimizer.param_groups[0]["lr"]


def by_arithmetic(train, valid, plan):
    """After each epoch: the accuracy, w, and the number of training batches so far."""
    w, seen, lr, history = 0.0, 0, plan["lr"], []
    for epoch in range(1, plan["epochs"] + 1):
        for labels in train[1].split(plan["batch"]):
            w, seen = w + lr * (3 if labels.min() == 1 else 1), seen + 1
        pairs = zip(valid[0].tolist(), valid[1].tolist(), strict=True)
        history.append((sum((x < w) == (y == 1) for x, y in pairs) / len(valid[1]), w, seen))
        if epoch % plan["step_size"] == 0:
            lr = lr / 2
    return history


def best_of(history):
    """The first of the best epochs."""
    return max(history, key=lambda epoch: epoch[0])


def draw_plan(rng):
    """Data on which a middle epoch is best, a later one is as good, and the last one is worse."""
    plan = {"lr": rng.choice([0.5, 1.0, 2.0]), "step_size": rng.integer(2, 3), "batch": 4, "epochs": 7}
    train = rng.tensor(10), torch.tensor([1, 0, 1, 1, 1, 1, 1, 1, 0, 1])
    steps = [w for _, w, _ in by_arithmetic(train, train, plan)]
    middles = [(a + b) / 2 for a, b in zip([0.0, *steps[:-1]], steps, strict=True)]
    # Row number k is called class 1 from epoch k on. Right answers rise up to epoch 2, fall, are back in 4, and fall.
    x = torch.tensor([*middles, -1.0, -2.0, 1000.0, 2000.0])
    y = torch.tensor([rng.integer(0, 1), 1, 1, 0, 1, 0, 0, 1, 1, 0, 1])
    order = rng.permutation(len(x))
    x, y = x[order], y[order]
    return train, (x, y), plan


def same_epoch(got, expected):
    """Compares accuracy, weight and buffer, each by its name."""
    names = ("the accuracy", "the weight w", "the buffer that counts training batches")
    for name, one, other in zip(names, got, expected, strict=True):
        checks.close(one, other, rtol=1e-6, what=name)


rng = checks.rng()
train, valid, plan = draw_plan(rng)
history = by_arithmetic(train, valid, plan)
with checks.check("returns the best validation accuracy", hint="count right answers over all batches, then divide"):
    checks.close(checks.there(tuned, fine_tune, train, valid, plan)[0], best_of(history)[0], rtol=1e-6)
with checks.check(
    "leaves the net with the weights of that epoch",
    hint="which epoch are these from? Does what you kept go on changing?",
):
    checks.close(checks.there(tuned, fine_tune, train, valid, plan)[1], best_of(history)[1], rtol=1e-6)
### BEGIN HIDDEN TESTS
train, valid, plan = draw_plan(rng)
history = by_arithmetic(train, valid, plan)
with checks.check("of two equally good epochs the first, buffers and all", hint="more than the best, or at least?"):
    got = checks.there(tuned, fine_tune, train, valid, plan)
    same_epoch(got[:3], best_of(history))
with checks.check("training mode and gradients in training only", hint="look at train(), eval(), set_grad_enabled"):
    calls = checks.there(tuned, fine_tune, train, valid, plan)[3]
    checks.equal(calls, ([[True, True]] * 3 + [[False, False]] * 3) * plan["epochs"], what="mode and gradients")
with checks.check("one move of the schedule an epoch", hint="where is scheduler.step()? Are gradients cleared?"):
    rate = checks.there(tuned, fine_tune, train, valid, plan)[4]
    checks.close(rate, plan["lr"] * 0.5 ** (plan["epochs"] // plan["step_size"]), rtol=1e-6)
with checks.check("one epoch, and three that get better and better", hint="is the best accuracy updated too?"):
    for epochs in (1, 3):
        shorter = plan | {"epochs": epochs}
        got = checks.there(tuned, fine_tune, train, valid, shorter)
        same_epoch(got[:3], best_of(by_arithmetic(train, valid, shorter)))
### END HIDDEN TESTS


# %% right="fine_tune: two loops and no_grad"
def fine_tune(net, loaders, loss_func, optimizer, scheduler, epochs):
    best_accuracy, best_weights = -1.0, {}
    for _ in range(epochs):
        net.train(True)
        for xb, yb in loaders["train"]:
            loss = loss_func(net(xb), yb)
            net.zero_grad()
            loss.backward()
            optimizer.step()
        scheduler.step()
        net.train(False)
        with torch.no_grad():
            hits = torch.cat([net(xb).argmax(1) == yb for xb, yb in loaders["valid"]])
        accuracy = hits.float().mean().item()
        if accuracy > best_accuracy:
            best_accuracy = accuracy
            best_weights = {name: value.clone() for name, value in net.state_dict().items()}
    net.load_state_dict(best_weights)
    return best_accuracy


# %% right="fine_tune: remembers every epoch"
def fine_tune(net, loaders, loss_func, optimizer, scheduler, epochs):
    history = []
    for _ in range(epochs):
        net.train()
        for xb, yb in loaders["train"]:
            optimizer.zero_grad(set_to_none=False)
            loss_func(net(xb), yb).backward()
            optimizer.step()
        scheduler.step()
        net.eval()
        right = 0
        with torch.inference_mode():
            for xb, yb in loaders["valid"]:
                right += int((torch.max(net(xb), 1).indices == yb).sum())
        history.append((right / len(loaders["valid"].dataset), copy.deepcopy(net.state_dict())))
    accuracies = [accuracy for accuracy, _ in history]
    best = accuracies.index(max(accuracies))
    net.load_state_dict(history[best][1])
    return torch.tensor(accuracies[best], dtype=torch.float64)


# %% right="fine_tune: keeps a copy of the whole network"
def fine_tune(net, loaders, loss_func, optimizer, scheduler, epochs):
    best = None
    for _ in range(epochs):
        net.train()
        for xb, yb in loaders["train"]:
            loss_func(net(xb), yb).backward()
            optimizer.step()
            optimizer.zero_grad()
        net.eval()
        with torch.no_grad():
            accuracy = torch.cat([net(xb).softmax(1).argmax(-1) == yb for xb, yb in loaders["valid"]]).double().mean()
        scheduler.step()
        if best is None or accuracy > best[0]:
            best = accuracy, copy.deepcopy(net)
    net.load_state_dict(best[1].state_dict())
    return float(best[0])


# %% wrong="fine_tune: keeps the living tensors"
def fine_tune(net, loaders, loss_func, optimizer, scheduler, epochs):
    best_accuracy, best_weights = 0.0, None
    for _ in range(epochs):
        for phase in ("train", "valid"):
            net.train(phase == "train")
            right, total = 0, 0
            for xb, yb in loaders[phase]:
                optimizer.zero_grad()
                with torch.set_grad_enabled(phase == "train"):
                    scores = net(xb)
                    loss = loss_func(scores, yb)
                if phase == "train":
                    loss.backward()
                    optimizer.step()
                right += (scores.argmax(dim=1) == yb).sum().item()
                total += len(yb)
            if phase == "train":
                scheduler.step()
            elif right / total > best_accuracy:
                best_accuracy, best_weights = right / total, net.state_dict()
    net.load_state_dict(best_weights)
    return best_accuracy


# %% wrong="fine_tune: a shallow copy"
def fine_tune(net, loaders, loss_func, optimizer, scheduler, epochs):
    best_accuracy, best_weights = 0.0, None
    for _ in range(epochs):
        for phase in ("train", "valid"):
            net.train(phase == "train")
            right, total = 0, 0
            for xb, yb in loaders[phase]:
                optimizer.zero_grad()
                with torch.set_grad_enabled(phase == "train"):
                    scores = net(xb)
                    loss = loss_func(scores, yb)
                if phase == "train":
                    loss.backward()
                    optimizer.step()
                right += (scores.argmax(dim=1) == yb).sum().item()
                total += len(yb)
            if phase == "train":
                scheduler.step()
            elif right / total > best_accuracy:
                best_accuracy, best_weights = right / total, copy.copy(net.state_dict())
    net.load_state_dict(best_weights)
    return best_accuracy


# %% wrong="fine_tune: the schedule moves with every batch"
def fine_tune(net, loaders, loss_func, optimizer, scheduler, epochs):
    best_accuracy, best_weights = 0.0, None
    for _ in range(epochs):
        for phase in ("train", "valid"):
            net.train(phase == "train")
            right, total = 0, 0
            for xb, yb in loaders[phase]:
                optimizer.zero_grad()
                with torch.set_grad_enabled(phase == "train"):
                    scores = net(xb)
                    loss = loss_func(scores, yb)
                if phase == "train":
                    loss.backward()
                    optimizer.step()
                    scheduler.step()
                right += (scores.argmax(dim=1) == yb).sum().item()
                total += len(yb)
            if phase == "valid" and right / total > best_accuracy:
                best_accuracy, best_weights = right / total, copy.deepcopy(net.state_dict())
    net.load_state_dict(best_weights)
    return best_accuracy


# %% wrong="fine_tune: keeps the latest of the best"
def fine_tune(net, loaders, loss_func, optimizer, scheduler, epochs):
    best_accuracy, best_weights = 0.0, None
    for _ in range(epochs):
        for phase in ("train", "valid"):
            net.train(phase == "train")
            right, total = 0, 0
            for xb, yb in loaders[phase]:
                optimizer.zero_grad()
                with torch.set_grad_enabled(phase == "train"):
                    scores = net(xb)
                    loss = loss_func(scores, yb)
                if phase == "train":
                    loss.backward()
                    optimizer.step()
                right += (scores.argmax(dim=1) == yb).sum().item()
                total += len(yb)
            if phase == "train":
                scheduler.step()
            elif right / total >= best_accuracy:
                best_accuracy, best_weights = right / total, copy.deepcopy(net.state_dict())
    net.load_state_dict(best_weights)
    return best_accuracy


# %% wrong="fine_tune: trains in evaluation mode"
def fine_tune(net, loaders, loss_func, optimizer, scheduler, epochs):
    best_accuracy, best_weights = 0.0, None
    net.train()
    for _ in range(epochs):
        for phase in ("train", "valid"):
            if phase == "valid":
                net.eval()
            right, total = 0, 0
            for xb, yb in loaders[phase]:
                optimizer.zero_grad()
                with torch.set_grad_enabled(phase == "train"):
                    scores = net(xb)
                    loss = loss_func(scores, yb)
                if phase == "train":
                    loss.backward()
                    optimizer.step()
                right += (scores.argmax(dim=1) == yb).sum().item()
                total += len(yb)
            if phase == "train":
                scheduler.step()
            elif right / total > best_accuracy:
                best_accuracy, best_weights = right / total, copy.deepcopy(net.state_dict())
    net.load_state_dict(best_weights)
    return best_accuracy


# %% wrong="fine_tune: goes home with the last weights"
def fine_tune(net, loaders, loss_func, optimizer, scheduler, epochs):
    best_accuracy = 0.0
    for _ in range(epochs):
        for phase in ("train", "valid"):
            net.train(phase == "train")
            right, total = 0, 0
            for xb, yb in loaders[phase]:
                optimizer.zero_grad()
                with torch.set_grad_enabled(phase == "train"):
                    scores = net(xb)
                    loss = loss_func(scores, yb)
                if phase == "train":
                    loss.backward()
                    optimizer.step()
                right += (scores.argmax(dim=1) == yb).sum().item()
                total += len(yb)
            if phase == "train":
                scheduler.step()
            best_accuracy = max(best_accuracy, right / total) if phase == "valid" else best_accuracy
    return best_accuracy


# %% wrong="fine_tune: the mean of the batches"
def fine_tune(net, loaders, loss_func, optimizer, scheduler, epochs):
    best_accuracy, best_weights = 0.0, None
    for _ in range(epochs):
        net.train()
        for xb, yb in loaders["train"]:
            optimizer.zero_grad()
            loss_func(net(xb), yb).backward()
            optimizer.step()
        scheduler.step()
        net.eval()
        with torch.no_grad():
            shares = [(net(xb).argmax(dim=1) == yb).float().mean().item() for xb, yb in loaders["valid"]]
        if sum(shares) / len(shares) > best_accuracy:
            best_accuracy, best_weights = sum(shares) / len(shares), copy.deepcopy(net.state_dict())
    net.load_state_dict(best_weights)
    return best_accuracy


# %% [markdown]
# ## 9 · Does it pay?
#
# A small experiment. One network learns the digits 0 to 4 with all the pictures there are. Then somebody brings **ten
# pictures each** of 5, 6, 7, 8 and 9. Three ways to learn these fifty: from scratch, with only a new head on the old
# layers, or with all layers and discriminative rates. **Predict** the order.
#
# The best epoch is chosen on one half of the validation pictures, and judged on the other, which was used for nothing
# else.

# %% setup
few = torch.cat([torch.nonzero(train_y == digit)[:10, 0] for digit in range(5, 10)])
few_train = (train_x[few], train_y[few] - 5)
high = torch.nonzero(valid_y >= 5)[:, 0]
choose, judge = ((valid_x[rows], valid_y[rows] - 5) for rows in (high[::2], high[1::2]))


class Batches:
    """Pictures and labels in batches, in a new order each time."""

    def __init__(self, x, y, size):
        self.x, self.y, self.size = x, y, size

    def __iter__(self):
        for rows in torch.randperm(len(self.x)).to(self.x.device).split(self.size):
            yield self.x[rows], self.y[rows]


def fresh_head(net, classes=5):
    """The same network with a new head, on the same device."""
    net.fc = nn.Linear(net.fc.in_features, classes)
    return net.to(where)


# %%
torch.manual_seed(0)
low = train_y < 5
rows = torch.nonzero(low)[:, 0][: device.budget(int(low.sum()))]
pretrained = resnet20(5)
fit(pretrained, train_x[rows], train_y[rows], epochs=device.budget(4))
valid_low = valid_y < 5
print(f"0 to 4: {accuracy(pretrained, valid_x[valid_low], valid_y[valid_low]):.1%}")

# %%
loaders = {"train": Batches(*few_train, 10), "valid": Batches(*choose, 250)}
for way in ("from scratch", "head only", "all layers"):
    torch.manual_seed(1)
    if way == "from scratch":
        net = resnet20(5)
        optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
    elif way == "head only":
        net = copy.deepcopy(pretrained)
        optimizer = freeze_for(net, 5, lr=0.05)
    else:
        net = fresh_head(copy.deepcopy(pretrained))
        optimizer = torch.optim.SGD(discriminative_groups(net, lr=0.05, factor=2), lr=0.05, momentum=0.9)
    net.to(where)
    schedule = torch.optim.lr_scheduler.StepLR(optimizer, step_size=7, gamma=0.1)
    fine_tune(net, loaders, F.cross_entropy, optimizer, schedule, epochs=device.budget(12))
    reached[f"5 to 9 from fifty, {way}"] = accuracy(net, *judge)
    print(f"{way:15}{reached[f'5 to 9 from fifty, {way}']:.1%}")

# %% [markdown]
# Fifty pictures are few, and the layers that know 0 to 4 are worth several points of accuracy when all of them may move
# a little. The new head alone gains less: what tells 0 to 4 apart is not quite what tells 5 to 9 apart, and the frozen
# layers cannot adapt. A rule of thumb: few pictures like the old ones, train the head; many, or unlike what the network
# knew, let all the layers move.
#
# ## 10 · Find the bug, and say it in your own words
#
# ### Exercise: frozen, and yet it moves
# difficulty 4/5 · 12 minutes · cards: frozen-norms, train-head-only
#
# A colleague fine-tunes the head of a network and leaves all the rest frozen. She kept the old head as well, so that
# the network can still do its old task. But afterwards the old head is much worse than before, although not one
# parameter below it has changed. There is **one** mistake. Find it (compare the `state_dict()` before and after) and
# repair it.
#
# hint: What does a network consist of, beside its parameters? Who changes that, and when?


# %% solution="train_head"
def train_head(net, x, y, lr: float, steps: int) -> list[float]:
    """Trains net.fc in place on all of x and y; what lies below it must compute what it did before.

    Returns the losses.
    """
    ### BEGIN SOLUTION
    #! net.train()
    #! net.requires_grad_(False)
    #! net.fc.requires_grad_(True)
    #! opt = torch.optim.SGD(net.fc.parameters(), lr)
    #! losses = []
    #! for _ in range(steps):
    #!     loss = F.cross_entropy(net(x), y)
    #!     opt.zero_grad()
    #!     loss.backward()
    #!     opt.step()
    #!     losses.append(loss.item())
    #! return losses
    net.eval()
    net.requires_grad_(False)
    net.fc.requires_grad_(True)
    opt = torch.optim.SGD(net.fc.parameters(), lr)
    losses = []
    for _ in range(steps):
        loss = F.cross_entropy(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses
    ### END SOLUTION


# %% tests="train_head" points=4
def after_training(train_head, state, x, y, lr, steps):
    """Losses, the state afterwards, and whether anything but the head got a gradient."""
    from collections import OrderedDict

    from torch import nn

    parts = [("body", nn.Linear(3, 4)), ("norm", nn.BatchNorm1d(4)), ("relu", nn.ReLU()), ("fc", nn.Linear(4, 3))]
    net = nn.Sequential(OrderedDict(parts))
    net.load_state_dict(state)
    losses = [float(loss) for loss in train_head(net, x, y, lr, steps)]
    spared = all(p.grad is None for name, p in net.named_parameters() if not name.startswith("fc"))
    return losses, {name: value.clone() for name, value in net.state_dict().items()}, spared


def by_formula(state, x, y, lr, steps):
    """Losses and the head, from the formula of the gradient on features that stay what they are."""
    state = {name: value.double() for name, value in state.items()}
    z = x.double() @ state["body.weight"].T + state["body.bias"]
    z = (z - state["norm.running_mean"]) / (state["norm.running_var"] + 1e-5).sqrt()
    features = (z * state["norm.weight"] + state["norm.bias"]).clamp(min=0)
    weight, bias, losses = state["fc.weight"], state["fc.bias"], []
    for _ in range(steps):
        p = torch.softmax(features @ weight.T + bias, dim=1)
        losses.append(-p[torch.arange(len(y)), y].log().mean().item())
        slope = (p - F.one_hot(y, 3)) / len(y)
        weight, bias = weight - lr * slope.T @ features, bias - lr * slope.sum(0)
    return losses, weight.float(), bias.float()


template = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 3))
names = {"0": "body", "1": "norm", "3": "fc"}


def draw(rng):
    """A state, pictures and labels."""
    state = {names[key[0]] + key[1:]: value for key, value in random_state(template, rng).items()}
    n = rng.integer(12, 20)
    return state, rng.tensor(n, 3) + 1, rng.integers(n, low=0, high=2)


rng = checks.rng()
state, x, y = draw(rng)
with checks.check("everything below the head is as it was", hint="print net.norm.running_mean before and after"):
    after = checks.there(after_training, train_head, state, x, y, 0.1, 3)[1]
    for name, value in state.items():
        if not name.startswith("fc"):
            checks.close(after[name], value, what=name)
    learnt = [name for name, value in state.items() if not torch.equal(after[name], value)]
    checks.true(len(learnt) > 0, "the head should have learnt something")
### BEGIN HIDDEN TESTS
state, x, y = draw(rng)
lr = rng.uniform(0.05, 0.3)
losses, weight, bias = by_formula(state, x, y, lr, 5)
with checks.check("the head learns on what the network really computes", hint="in which mode will the net be used?"):
    after = checks.there(after_training, train_head, state, x, y, lr, 5)[1]
    checks.close(after["fc.weight"], weight, rtol=1e-3, atol=1e-4)
    checks.close(after["fc.bias"], bias, rtol=1e-3, atol=1e-4)
with checks.check("the losses, and no gradient below the head", points=2, hint="the rest of the function was right"):
    got, _, spared = checks.there(after_training, train_head, state, x, y, lr, 5)
    checks.close(got, losses, rtol=1e-3, atol=1e-4)
    checks.true(spared, "only the head should get gradients")
### END HIDDEN TESTS


# %% right="train_head: only the norms in evaluation mode"
def train_head(net, x, y, lr, steps):
    net.train()
    for module in net.modules():
        if isinstance(module, nn.modules.batchnorm._BatchNorm):
            module.eval()
    net.requires_grad_(False)
    net.fc.requires_grad_(True)
    opt = torch.optim.SGD(net.fc.parameters(), lr)
    losses = []
    for _ in range(steps):
        loss = F.cross_entropy(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% right="train_head: everything in evaluation mode, the head switched back"
def train_head(net, x, y, lr, steps):
    for name, parameter in net.named_parameters():
        parameter.requires_grad = name.startswith("fc")
    opt = torch.optim.SGD(filter(lambda p: p.requires_grad, net.parameters()), lr=lr)
    losses = []
    for _ in range(steps):
        net.eval()
        net.fc.train()
        opt.zero_grad()
        loss = F.cross_entropy(net(x), y)
        losses.append(loss.detach())
        loss.backward()
        opt.step()
    return losses


# %% right="train_head: computes what enters the head once"
def train_head(net, x, y, lr, steps):
    entered = []
    handle = net.fc.register_forward_hook(lambda module, inputs, output: entered.append(inputs[0]))
    net.eval()
    with torch.no_grad():
        net(x)
    handle.remove()
    opt = torch.optim.SGD(net.fc.parameters(), lr)
    losses = []
    for _ in range(steps):
        loss = F.cross_entropy(net.fc(entered[0]), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(float(loss))
    return torch.tensor(losses)


# %% wrong="train_head: as it was"
def train_head(net, x, y, lr, steps):
    net.train()
    net.requires_grad_(False)
    net.fc.requires_grad_(True)
    opt = torch.optim.SGD(net.fc.parameters(), lr)
    losses = []
    for _ in range(steps):
        loss = F.cross_entropy(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="train_head: puts the state back at the end"
def train_head(net, x, y, lr, steps):
    before = copy.deepcopy(net.state_dict())
    net.train()
    net.requires_grad_(False)
    net.fc.requires_grad_(True)
    opt = torch.optim.SGD(net.fc.parameters(), lr)
    losses = []
    for _ in range(steps):
        loss = F.cross_entropy(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    net.load_state_dict({k: v for k, v in before.items() if not k.startswith("fc")}, strict=False)
    return losses


# %% wrong="train_head: a wider no_grad"
def train_head(net, x, y, lr, steps):
    net.train()
    net.requires_grad_(False)
    net.fc.requires_grad_(True)
    opt = torch.optim.SGD(net.fc.parameters(), lr)
    losses = []
    for _ in range(steps):
        with torch.no_grad():
            net(x)
        loss = F.cross_entropy(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="train_head: a momentum of zero for the norms"
def train_head(net, x, y, lr, steps):
    net.train()
    for module in net.modules():
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            module.momentum = 0.0
    net.requires_grad_(False)
    net.fc.requires_grad_(True)
    opt = torch.optim.SGD(net.fc.parameters(), lr)
    losses = []
    for _ in range(steps):
        loss = F.cross_entropy(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="train_head: unfreezes the whole net"
def train_head(net, x, y, lr, steps):
    net.eval()
    net.requires_grad_(True)
    opt = torch.optim.SGD(net.parameters(), lr)
    losses = []
    for _ in range(steps):
        loss = F.cross_entropy(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% [markdown]
# `requires_grad = False` stops the optimiser. It does not stop batch norm, which in training mode takes its mean and
# variance from the batch at hand, and moves its running statistics along, without any gradient. A frozen network
# belongs in evaluation mode. (Have another look at "head only" in part 9: `fine_tune` calls `net.train()`. Would it
# have done better?)
#
# ## 11 · What did each of them reach?
#
# The table puts your numbers beside published ones. They are **not** from the same data: yours come from the pictures
# named in its first line, the published one for digits from 60,000 training and 10,000 validation pictures. ± is one
# standard error, $\sqrt{p(1-p)/n}$.

# %% setup
published = {
    "ten digits, ResNet-20": "0.991   fast.ai book, chapter 13: a plain CNN with batch norm, 5 epochs, full MNIST",
    "5 to 9 from fifty, from scratch": "not published",
    "5 to 9 from fifty, head only": "not published",
    "5 to 9 from fifty, all layers": "not published",
}
he_2015 = {  # error on ImageNet's validation pictures, in percent, ten crops of each: table 2 of the paper
    "18 layers, plain": 27.94,
    "18 layers, residual": 27.88,
    "34 layers, plain": 28.54,
    "34 layers, residual": 25.03,
}

# %%
print(f"yours: {digits.name}, {len(train_x):,} to train with, {len(valid_x):,} to validate")
if device.budget(5) < 5:
    print("run by the grader, which trains a fifth as long, on a fifth of the pictures")
print(f"{'':34}{'yours':>7}{'±':>7}")
for method, theirs in published.items():
    p, n = reached.get(method), len(valid_x) if method.startswith("ten") else len(judge[1])
    mine = f"{'not yet':>14}" if p is None else f"{p:7.3f}{(p * (1 - p) / n) ** 0.5:7.3f}"
    print(f"{method:34}{mine}   {theirs}")
print("\nHe and others, 2015, ImageNet (this is where degradation was seen first):")
for method, error in he_2015.items():
    print(f"  {method:22}{error:6.2f} % wrong")

# %% [markdown]
# Read the last four lines in pairs. Without shortcuts, 34 layers are worse than 18. With them, 34 layers are better
# than 18, and by much. At 18 layers the shortcut hardly matters.
#
# ### Six questions
# Two to five sentences each are enough. Write as you would to somebody who has not taken this course.

# %% [markdown] question="not_overfitting" points=2
# **Why is it not overfitting?** A friend sees that a 56-layer plain network does worse on validation pictures than one
# of 20 layers and says: "Of course, too many parameters." Which number do you ask for, what do you expect, and what
# does the argument with identity layers say?
#
# ### BEGIN MARK SCHEME
# - 1 point: asks for the training error (loss); it is higher too for the deeper one; overfitting
#   would make it lower.
# - 1 point: the deeper one could copy the shallow one and let its other layers be the identity, so a solution that is
#   as good exists; the optimiser does not find it.
# ### END MARK SCHEME

# %% [markdown] question="why_shortcuts_help" points=2
# **Why do shortcuts help?** Name two reasons: one about what the layers have to learn, one about the gradient. Then
# say what one has to do where the shapes of $x$ and $F(x)$ differ.
#
# ### BEGIN MARK SCHEME
# - 1 point: layers learn the residual, so that doing nothing means zeros, which is easy; and the slope is 1 + F', so
#   the gradient gets past the layers undiminished. (Or: ensembles of many short ways.)
# - 1 point: a projection, a 1×1 convolution with the stride (and a norm) in the shortcut; or padding with zeros.
# ### END MARK SCHEME

# %% [markdown] question="zero_init_gradient" points=2
# **A silent block.** You set the weight of every `bn2` to zero. What does the network compute at the very start? Which
# parameters of a block get a gradient that is not zero in the first step, and why is the block not dead for ever?
#
# ### BEGIN MARK SCHEME
# - 1 point: every block without projection is the identity (behind a ReLU), so the network behaves like a shallow one.
# - 1 point: only weight and bias of bn2 (and the projection) get a gradient; the convolutions and bn1 get zero, as it
#   is multiplied by the weight 0. After one step that weight is not zero any more, and they learn too.
# ### END MARK SCHEME

# %% [markdown] question="which_layers" points=2
# **What to freeze?** (a) 200 X-ray pictures, network pretrained on photographs; (b) 50,000 photographs of dogs, the
# same network. Say for each which layers you would train and at what rates, and why.
#
# ### BEGIN MARK SCHEME
# - 1 point: (a) few pictures: mostly frozen, head (and perhaps the last group) with care, since the data are unlike the
#   old ones; augmentation; keeps the best weights. Reason: overfitting.
# - 1 point: (b) plenty and alike: all layers, small or discriminative rates, after the head has been trained a little.
# ### END MARK SCHEME

# %% [markdown] question="loop_lines" points=2
# **Line by line.** In `fine_tune`, what exactly happens differently in the validation phase because of (1) `eval()`,
# (2) `set_grad_enabled(False)`, and why does one not replace the other? What would go wrong without `deepcopy`?
#
# ### BEGIN MARK SCHEME
# - 1 point: eval changes layers: batch norm uses its running statistics and leaves them alone, dropout passes all;
#   set_grad_enabled(False) records no graph, which saves memory and time. Neither does the other's work.
# - 1 point: state_dict holds the living tensors, so "the best weights" would be the last ones.
# ### END MARK SCHEME

# %% [markdown] question="read_the_bars" points=2
# **Ensemble or not?** Look at your bars from part 6, in which single blocks were taken out. What do they say for the
# view of a residual network as an ensemble, and what against it? What would the same experiment do to a plain network?
#
# ### BEGIN MARK SCHEME
# - 1 point: for: taking one block out costs little for most blocks (own numbers), since half of the ways avoid it; a
#   plain network has one way only and falls to about chance.
# - 1 point: against or with care: not all blocks are alike (own numbers), the ways share weights and were trained
#   together, ReLU makes them depend on each other; small data.
# ### END MARK SCHEME

# %% [markdown]
# ## What you have built
# A block with a way around it, a network of 34 layers that is torchvision's to the last digit, a way to load weights
# from anywhere, and the craft of reusing them: new heads, frozen layers, slow and fast rates, the best epoch kept. The
# shortcut is not only for pictures. The transformers of a later lesson have one around every single layer.
