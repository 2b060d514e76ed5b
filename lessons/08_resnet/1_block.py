# %% [markdown]
# # Residual networks, and how to reuse them
# More layers should never hurt. In practice they did, until somebody let the signal step around them. You will build
# that idea from its smallest form up to ResNet-34, prove that yours is torchvision's network, number for number, and
# learn what most people do with such a network: take a trained one, give it a new head, and fine-tune it.
#
# **How to read this notebook.** Before you run a cell, say what you expect to see. Then run it and look. Cells that
# read `# YOUR CODE HERE` or `____` are yours; the cell below each of them tells you how far you got. If you
# get stuck, move on: the next exercise does not need this one.
#
# **In this part you will** see deep networks fail, find out why, and build the block that cured it.

# %% setup
import copy
import math
from functools import partial
from itertools import pairwise

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
import torchvision
from torch import nn

from course import checks, data, device

# %% setup
torch.set_num_threads(1)  # our networks are small: two threads would mostly wait for each other
digits = data.best_mnist()  # the 5,000 digits of this course, or all 70,000 if they are here
where = device.pick().torch_device  # a GPU, if there is one
hits: dict[str, torch.Tensor] = {}  # by network: which validation pictures it gets right, for a table near the end


def conv_norm(before, after, stride=1):
    """A 3×3 convolution, initialised as He and colleagues advise for ReLUs, and a batch norm."""
    conv = nn.Conv2d(before, after, 3, stride, padding=1, bias=False)
    nn.init.kaiming_normal_(conv.weight)
    return nn.Sequential(conv, nn.BatchNorm2d(after))


class Tower(nn.Module):
    """Many equal convolutions on top of each other, with or without a way around every two."""

    def __init__(self, depth, shortcuts, width=16):
        super().__init__()
        self.shortcuts, self.enter, self.leave = shortcuts, conv_norm(1, width, stride=2), nn.Linear(width, 10)
        pairs = [nn.Sequential(conv_norm(width, width), nn.ReLU(), conv_norm(width, width)) for _ in range(depth // 2)]
        self.pairs = nn.ModuleList(pairs)

    def forward(self, x):
        x = self.enter(x).relu()
        for pair in self.pairs:
            x = (pair(x) + x).relu() if self.shortcuts else pair(x).relu()
        return self.leave(x.mean(dim=(2, 3)))


def climb(tower, x, y, steps):
    """The training losses of so many steps with mini-batches of 64."""
    opt = torch.optim.SGD(tower.parameters(), lr=0.05, momentum=0.9)
    losses = []
    for _ in range(steps):
        rows = torch.randint(len(x), (64,))
        loss = F.cross_entropy(tower(x[rows]), y[rows])
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %%
small_x, small_y = F.avg_pool2d(digits.train_x[:4000, None], 2), digits.train_y[:4000]
kinds, towers = {"4 layers": (4, False), "20 layers": (20, False), "20 layers with shortcuts": (20, True)}, {}
figure, axis = plt.subplots(figsize=(6.5, 3))
for name, (depth, shortcuts) in kinds.items():
    torch.manual_seed(0)
    towers[name] = Tower(depth, shortcuts)
    losses = torch.tensor(climb(towers[name], small_x, small_y, device.budget(300, 20)))
    means = losses.unfold(0, min(20, len(losses)), 1).mean(dim=1)  # of 20 steps each
    axis.plot(means, label=f"{name}: {losses[-50:].mean():.2f} in the end")
axis.set(xlabel="step", ylabel="training loss")
axis.legend()
figure.tight_layout()

# %% [markdown]
# Three convolutional networks learn the ten digits, from $\log 10 = 2.3$ downwards, the loss of pure guessing. All
# have the same width, optimiser, batch norm and careful initialisation. Five times as many layers make it *worse*:
# the plain deep tower is behind the shallow one all the way (in our run its loss in the last 50 of 300 steps is 0.29,
# the shallow one's 0.12). The third network has exactly as many parameters as the second. It differs by one `+ x`
# around every two layers, and ends below both (0.09).
#
# Note what is drawn: the loss on the *training* pictures. A network that overfits has a low training loss and a high
# validation loss. Here a deeper network is worse than a shallow one on its own training data: that is
# **degradation**. On a task as small as ours the plain tower catches up in the end, if it may train several times as
# long; in the experiments of 2015, on a million photographs, it never did (section 15 has their numbers).
#
# ## 1 · What a deep network could do, and does not
#
# Kaiming He and three colleagues made this argument in 2015, in *Deep Residual Learning for Image Recognition*. Take
# a shallow network that works. Put more layers on top that pass on what they get, unchanged, which a convolution can
# do, with the right weights. The deeper network makes the same predictions, so one exists that is *at least as good*.
# If training ends with a worse one, the trouble is not what the network can say: the optimiser does not find it.
#
# ### Exercise: a layer that changes nothing
# difficulty 2/5 · 6 minutes · cards: degradation, identity-argument, why-deep-nets-failed, resnet-paper
#
# Make a 3×3 convolution without bias and without groups, from `channels` to `channels`, that returns exactly what it is
# given, at the same height and width. It stays a normal layer, whose weights are parameters and can be trained.
#
# hint: `conv.weight` has shape (out, in, 3, 3). Output channel number i should look at input channel number i and at
# no other, and only at the pixel in the middle of its window.
#
# hint: Change weights in place under `torch.no_grad()`, or look for a suitable function in `nn.init`.


# %% solution="identity_conv" promises="leaves-inputs, differentiable(x, weight)"
def identity_conv(channels: int) -> nn.Conv2d:
    """A 3x3 convolution without bias that returns its input unchanged: (batch, channels, h, w) in and out."""
    ### BEGIN SOLUTION
    conv = nn.Conv2d(channels, channels, kernel_size=3, padding=1, bias=False)
    nn.init.dirac_(conv.weight)
    return conv
    ### END SOLUTION


# %% tests="identity_conv" points=3
def examples(rng):
    conv = identity_conv(2)
    yield checks.example(conv, {"x": rng.tensor(1, 2, 3, 4)}, leaves={"weight": conv.weight})


def apply_conv(identity_conv, channels, x):
    """What comes out, the shape of the weights, whether there is a bias and anything to train, and the weights."""
    conv = identity_conv(channels)
    facts = {"weight": tuple(conv.weight.shape), "no bias": conv.bias is None}
    facts["trains"] = any(p is conv.weight and p.requires_grad for p in conv.parameters())
    facts["of its own"] = identity_conv(channels).weight is not conv.weight
    return conv(x).detach(), facts, conv.weight.detach()


with checks.check(
    "two channels come out as they went in", hint="which of the 2×2×3×3 weights are one? What keeps the size?"
):
    x = torch.arange(32.0).reshape(1, 2, 4, 4)
    checks.close(checks.on_student_side(apply_conv, identity_conv, 2, x)[0], x)
### BEGIN HIDDEN TESTS
rng = checks.rng()
channels = rng.integer(3, 6)
x = rng.tensor(2, channels, rng.integer(4, 6), rng.integer(7, 9))
with checks.check("any number of channels, any size", hint="the padding keeps height and width; channels do not mix"):
    for pictures in (x, 50 * rng.tensor(1, 1, 3, 2), 50 * rng.tensor(1, 20, 3, 2)):
        number = pictures.shape[1]
        got, _, weight = checks.on_student_side(apply_conv, identity_conv, number, pictures)
        checks.close(got, pictures)
        checks.close(weight.abs().sum(), number, rtol=0, atol=1e-9, what="all weights together, without their signs,")
with checks.check(
    "a 3×3 convolution without bias, and trainable", hint="look at kernel_size, bias, groups, parameters()"
):
    got, facts, _ = checks.on_student_side(apply_conv, identity_conv, channels, x)
    checks.close(got, x)
    checks.equal(facts, {"weight": (channels, channels, 3, 3), "no bias": True, "trains": True, "of its own": True})
### END HIDDEN TESTS

# %% [markdown]
# It exists, but it is one point in a huge space, and random weights start far from it. Four suspects were named when
# deep networks trained badly: overfitting, a bad start (initialisation), gradients that vanish or explode, and an
# optimiser that finds no way. Our curves clear the first: the *training* loss is bad. Which of the others is it?
#
# So He and colleagues made the identity easy to say. Instead of a wanted function $H(x)$, layers learn its difference
# to their input, the **residual** $F(x) = H(x) - x$, and a **shortcut** (or **skip connection**) adds $x$ back:
#
# ```
#          ┌────────── shortcut: x ───────────┐
#          │                                  ▼
#    x ────┴──► layer ──► ReLU ──► layer ──► (+) ──► ReLU ──►
#               └───── main path: F(x) ────┘
# ```
#
# If nothing is to be done, the layers need only produce zeros, an easy target. (Whether they *start* there depends on
# the last norm: fresh batch norm scales F(x) to a spread of one, whatever the weights. More in section 5.)
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
#
# hint: In the formula $g$ comes last. What is $z$, and what has been added to it by then?


# %% solution="residual_by_hand" promises="leaves-inputs, differentiable(a, w1, w2), tensor"
def residual_by_hand(a: torch.Tensor, w1, b1, w2, b2) -> torch.Tensor:
    """Two dense layers and a shortcut around both: (batch, n) in and out; w1 is (n, hidden), w2 is (hidden, n)."""
    inner = F.relu(a @ w1 + b1)  # ? relu | a @ w1
    z = inner @ w2 + b2  # ? inner | b2
    return F.relu(z + a)  # ? z + a


# %% tests="residual_by_hand" points=3
def examples(rng):
    # Every ReLU is far from its kink, most are on: the slope there is what small steps say.
    w1, b1 = rng.tensor(3, 5, low=-0.3, high=0.3), torch.tensor([2.0, 2.0, 2.0, 2.0, -2.0])
    w2, b2 = rng.tensor(5, 3, low=-0.3, high=0.3), torch.tensor([6.0, 6.0, -6.0])
    yield checks.example(residual_by_hand, {"a": rng.tensor(4, 3), "w1": w1, "b1": b1, "w2": w2, "b2": b2})


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
with checks.check("any weights", hint="ReLU, second layer, then the shortcut, then ReLU again", points=2):
    # forty rows; then one row of one number, a large one
    for rows, n, hidden, size, shift in ((40, rng.integer(3, 5), rng.integer(6, 8), 1, 0), (1, 1, 4, 50, 100)):
        first, second = (rng.tensor(n, hidden), rng.tensor(hidden)), (rng.tensor(hidden, n), shift + rng.tensor(n))
        given = (size * rng.tensor(rows, n), *first, *second)
        checks.close(residual_by_hand(*given), one_by_one(*given), rtol=1e-4, atol=1e-4 + 1e-5 * shift)
### END HIDDEN TESTS

# %% [markdown]
# The shortcut helps on the way back too. The slope of $x + F(x)$ is $1 + F'(x)$: whatever the layers do to the
# gradient, a copy goes past them. (Only the ReLU after the addition stops it, where its output is zero.)
#
# So is it the third suspect, the gradients? Look at their size in each convolution, for fresh towers and for those
# trained above. **Predict** what the plain tower's line does from the last layer (right) down to the first (left).

# %%
figure, axes = plt.subplots(1, 2, figsize=(8, 2.8), sharey=True)
for name in ("20 layers", "20 layers with shortcuts"):
    torch.manual_seed(0)
    for axis, tower in zip(axes, (Tower(*kinds[name]), towers[name]), strict=True):
        tower.zero_grad()
        F.cross_entropy(tower(small_x[:256]), small_y[:256]).backward()
        sizes = [float(p.grad.norm()) for p in tower.pairs.parameters() if p.dim() == 4]  # of the convolutions
        axis.semilogy(sizes, label=f"{name}: largest / smallest {max(sizes) / min(sizes):.0f}")
        axis.legend(fontsize=7)
axes[0].set(title="at the start", xlabel="layer", ylabel="size of the gradient")
axes[1].set(title="after training", xlabel="layer")
figure.tight_layout()


# %% setup
def random_state(module, rng):
    """What the tests load into your networks: random numbers for a whole state_dict; variances are positive."""
    state = module.state_dict()
    for name, value in state.items():
        if value.is_floating_point():
            low, high = (0.5, 2.0) if name.endswith("var") else (-1.0, 1.0)
            state[name] = rng.tensor(*value.shape, low=low, high=high)
    return dict(state)


def away_from_kinks(make, *sizes):
    """A network of doubles, each of whose ReLUs is well on or well off for inputs from -1 to 1: slopes are defined."""
    import torch

    net = make(*sizes).double()
    with torch.no_grad():
        for module in net.modules():
            if getattr(module, "bias", None) is not None:  # norms, and convolutions that no norm follows
                module.weight *= 0.05
                module.bias[:] = 2
                module.bias[1::2] = -2
    return net


def run_with(make, sizes, state, x, training=False):
    """What a network with this state makes of x, its state and its gradients then, and x after a call without gradients."""
    import torch

    net = make(*sizes)
    net.load_state_dict(state)
    net.train(training).zero_grad()
    x = x.clone().requires_grad_()
    out = net(x)
    if out.requires_grad:
        (out * torch.linspace(-1, 1, out.numel()).reshape(out.shape)).sum().backward()
    running = {name: value.clone() for name, value in net.state_dict().items() if "running" in name}
    slopes = {name: p.grad for name, p in net.named_parameters()} | {"x": x.grad}
    after = x.detach().clone()
    with torch.no_grad():
        net.eval()(after)
    return out.detach(), running, slopes, after


def same_as(reference, make, sizes, state, x, training=False):
    """Fails unless your network and the reference do the same with the same numbers, forwards and backwards."""
    expected, running, slopes, _ = run_with(lambda *_: reference, sizes, state, x, training)
    got, found_running, found_slopes, after = checks.on_student_side(run_with, make, sizes, state, x, training)
    checks.close(got, expected, rtol=1e-4, atol=1e-4 * float(expected.abs().max()))
    for name, value in running.items():
        checks.close(found_running[name], value, rtol=1e-4, atol=1e-4 * float(value.abs().max()), what=name)
    for name, slope in slopes.items():
        found, near = found_slopes[name], {"rtol": 1e-3, "atol": 1e-3 * float(slope.abs().max())}
        checks.true(found is not None, f"no gradient reaches {name}")
        checks.close(found, slope, **near, what=f"the gradient of {name}")
    checks.close(after, x, what="the input after a call under no_grad")


# %% [markdown]
# At the very start the plain tower's gradient grows on its way down, to about ten times its size in our run: batch
# norm does that to deep plain networks (Yang and others, 2019), and with a hundred layers it would be fatal. That
# passes within the first few dozen steps. For most of the training all layers get gradients of about the same size,
# and the tower *still* lags behind the shallow one. He and colleagues saw the same in their deep plain networks. So
# the last suspect is left: the optimiser does not find its way through so many layers; with shortcuts it does.
#
# ## 2 · The block
#
# For pictures the two layers become 3×3 convolutions, each followed by batch norm. To be added, `x` and $F(x)$ must
# have the same shape. But now and then a network halves height and width (by **stride** 2) and doubles the channels.
# There the shortcut needs a **projection**: a 1×1 convolution with the same stride, and a batch norm after it.
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
# Making a block draws its weights, of course; what is said below of traces holds for calls of the block.
#
# - `conv1` takes the stride (1 if it is left out), `conv2` has stride 1; both keep the size otherwise. (Where
#   h / stride is no whole number, it is rounded up.) No convolution has a bias: batch norm removes it with the mean.
# - `downsample` is a `Sequential` of a 1×1 convolution (index 0) and a batch norm (index 1), *where it is needed*,
#   and `None` elsewhere. When is it needed?
#
# hint: `x` and `F(x)` must have the same shape. Which two arguments can make them differ?


# %% solution="ResidualBlock" promises="leaves-inputs, differentiable(x), tensor, no-trace"
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
def examples(rng):
    for sizes in ((2, 2, 1), (2, 3, 2)):
        block = checks.on_student_side(away_from_kinks, ResidualBlock, *sizes)
        yield checks.example(block, {"x": rng.tensor(2, 2, 4, 4, dtype=torch.float64)})


def agrees(before, after, stride=1, training=False):
    """Compares a block with torchvision's, which gets a projection where the sizes need one."""
    projection = nn.Sequential(nn.Conv2d(before, after, 1, stride, bias=False), nn.BatchNorm2d(after))
    needed = (before, stride) != (after, 1)
    theirs = torchvision.models.resnet.BasicBlock(before, after, stride, projection if needed else None)
    sizes = (before, after) if stride == 1 else (before, after, stride)
    x = 9 * rng.tensor(3, before, *rng.choice([(6, 8), (5, 9)]))
    same_as(theirs, ResidualBlock, sizes, random_state(theirs, rng), x, training)


rng = checks.rng()
with checks.check("the same size in and out, as torchvision has it", hint="follow the drawing: where does what join?"):
    agrees(3, 3)
with checks.check(
    "more channels at half the size, as torchvision has it", hint="conv1 and downsample[0] take the stride", points=2
):
    agrees(2, 4, 2)
### BEGIN HIDDEN TESTS
n = rng.integer(3, 5)
with checks.check("half the size with as many channels", hint="is a projection needed when only the size changes?"):
    agrees(n, n, 2)
with checks.check("other channels at the same size", hint="is a projection needed when only the channels change?"):
    for before, after, stride in ((n, n + 2, 1), (n + 2, n, 1), (n, 1, 1), (n + 1, n, 3)):
        agrees(before, after, stride)
with checks.check("in training too, running statistics included", hint="one norm after each convolution, used once"):
    agrees(n, n, training=True)
    agrees(n, n - 1, 2, training=True)
### END HIDDEN TESTS

# %% [markdown]
# A fresh block has not learnt anything. **Predict:** how different from its input is what comes out? Batch norm gives
# $F(x)$ a spread of about one, so the digit should still be there, under a layer of something new.

# %%
torch.manual_seed(1)
picture, block = digits.train_x[:1, None], ResidualBlock(1, 1)
with torch.no_grad():
    branch = block.bn2(block.conv2(block.relu(block.bn1(block.conv1(picture)))))
    figure, axes = plt.subplots(1, 3, figsize=(7.5, 2.7), layout="tight")
    steps = {"x": picture, "F(x)": branch, "ReLU(F(x) + x)": block(picture)}
    for axis, (title, shown) in zip(axes, steps.items(), strict=True):
        axis.imshow(shown[0, 0], cmap="gray_r")
        axis.set_title(title)
        axis.set_axis_off()

# %% [markdown]
# *Further reading:* He, Zhang, Ren and Sun, *Deep Residual Learning for Image Recognition* (2015), sections 1 to 3; Zhang
# and others, *Dive into Deep Learning*, section 8.6; Prince, *Understanding Deep Learning*, chapter 11.
#
# ## 3 · Groups of blocks
#
# Blocks come in **groups** (also *stages*; torchvision calls them layers). Only the first block of a group changes
# height, width and channels; the others keep what they get.
#
# ### Exercise: a group of blocks
# difficulty 2/5 · 6 minutes · cards: block-group
#
# `block` is a class or function that makes one block when it is called as `block(in_channels, out_channels, stride)`;
# the stride is 1 if it is left out. A group has at least one block. Fill the blanks.
#
# hint: What leaves the first block? That is what all the others get.


# %% solution="block_group" promises="differentiable(x)"
def block_group(block, n_blocks: int, in_channels: int, out_channels: int, first_stride: int) -> nn.Sequential:
    """n blocks in a row; the first goes from in to out with the stride, the rest from out to out with stride 1."""
    blocks = [block(in_channels, out_channels, first_stride)]  # ? in_channels | first_stride
    for _ in range(n_blocks - 1):  # ? n_blocks - 1
        blocks.append(block(out_channels, out_channels))  # ? block(out_channels, out_channels)
    return nn.Sequential(*blocks)  # ? *blocks


# %% tests="block_group" points=3
def examples(rng):
    group = checks.on_student_side(away_from_kinks, block_group, torchvision.models.resnet.BasicBlock, 2, 3, 3, 1)
    yield checks.example(group, {"x": rng.tensor(2, 3, 4, 4, dtype=torch.float64)})


def build_group(block_group, *sizes):
    """Which blocks a signal meets on its way, in order, how many different ones there are, and the group's entries."""
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
    entries = [isinstance(entry, Probe) for entry in group] if isinstance(group, nn.Sequential) else []
    return met, sum(p.numel() for p in group.parameters()), entries


with checks.check("three blocks, the first of which takes the stride", hint="what do the second and third block get?"):
    met, _, _ = checks.on_student_side(build_group, block_group, 3, 64, 128, 2)
    checks.equal(met, [[64, 128, 2], [128, 128, 1], [128, 128, 1]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
n, first, second = rng.integer(4, 9), rng.integer(2, 8), rng.integer(9, 20)
with checks.check("any number of blocks, one too", hint="how many blocks are left after the first?"):
    for blocks, before, after, stride in ((n, first, second, 3), (1, second, first, 1), (2, first, first, 2)):
        met, _, _ = checks.on_student_side(build_group, block_group, blocks, before, after, stride)
        right = [[before, after, stride], *[[after, after, 1]] * (blocks - 1)]
        checks.equal(met, right, what=f"{blocks} blocks")
with checks.check("each block has weights of its own", hint="is one block there several times?"):
    met, count, entries = checks.on_student_side(build_group, block_group, n, first, first, 1)
    checks.equal(met, [[first, first, 1]] * n)
    checks.equal(count, n)
    checks.equal(entries, [True] * n, what="which entries of the nn.Sequential are blocks")
### END HIDDEN TESTS

# %% [markdown]
# **Now you can** say what degradation is and what it is not, write the block with its projection, and stack such blocks.
