# %% [markdown]
# # Networks that look
# A camera delivers millions of numbers, and what matters about them is *where* they stand: which light pixel lies
# beside which dark one. A network that treats a picture as one long row of numbers throws that away. In this lesson
# you build the layers that keep it: convolutions from two loops and from one line, pooling, batch norm, LeNet, and
# what goes with them when real photographs come in. At the end your own network reads digits.
#
# **How to read this notebook.** Before you run a cell, say what you expect to see. Then run it and look. Cells that
# read `# YOUR CODE HERE` or `____` are yours; the cell below each of them tells you how far you got. If an exercise
# will not come out, go on: the next one does not need it.

# %% setup
from collections import OrderedDict
from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from matplotlib import cbook
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms
from torchvision.utils import make_grid

from course import checks, cloze, data, device

# %% setup
cloze.enable()
torch.set_num_threads(1)  # our networks are small: two threads would mostly wait for each other
photo = Image.open(cbook.get_sample_data("grace_hopper.jpg", asfileobj=False))  # it comes with matplotlib
grey = transforms.ToTensor()(photo.convert("L").resize((128, 152)))  # (1, 152, 128), from 0 to 1


def show(pictures, titles=(), size=2.0, signed=False):
    """Draw pictures side by side; with `signed`, zero is mid-grey and each picture has a scale of its own."""
    width = size * len(pictures)
    figure, axes = plt.subplots(1, len(pictures), figsize=(width, 1.2 * size + 0.3), squeeze=False)
    for place, axis in enumerate(axes[0]):
        peak = float(pictures[place].abs().max()) if signed else 1.0
        axis.imshow(pictures[place], cmap="gray", vmin=-peak if signed else 0, vmax=peak)
        axis.set_title(titles[place] if titles else "", fontsize=9)
        axis.set_axis_off()
    figure.tight_layout()


# %%
upright = torch.tensor([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])
seen = [F.conv2d(grey, kernel[None, None])[0] for kernel in (upright, upright.T)]
show([2 * grey[0] - 1, *seen], ["a photograph", "upright edges", "level edges"], size=3, signed=True)

# %% [markdown]
# The woman on the left is Grace Hopper, who wrote one of the first compilers. The two pictures beside her come from
# nine numbers each:
#
# ```
# upright edges      level edges
#   -1  0  1          -1 -2 -1
#   -2  0  2           0  0  0
#   -1  0  1           1  2  1
# ```
#
# Lay the nine numbers on nine pixels of the photograph. Multiply each pair, add the nine products up, and write the
# sum down. Move one pixel to the right and do it again, through the whole picture. That is a **convolution**, and the
# nine numbers are its **kernel** (or **filter**). White is a large sum, black a very negative one. Where all pixels
# under the kernel are alike, plus and minus cancel: mid-grey.
#
# **Predict** before you run the next cell: which of the three kernels blurs, which one sharpens, and which one moves
# the whole picture?

# %%
blur = torch.ones(5, 5) / 25
sharpen = torch.tensor([[0.0, -1.0, 0.0], [-1.0, 5.0, -1.0], [0.0, -1.0, 0.0]])
move = torch.zeros(1, 25)
move[0, 0] = 1.0
kernels = (blur, sharpen, move)
results = [F.conv2d(grey, kernel[None, None], padding="same")[0].clip(0, 1) for kernel in kernels]
show(results, ["kernel A", "kernel B", "kernel C"], size=3)

# %% [markdown]
# For decades people *designed* such kernels. That works well when there are few pictures and one knows what to look
# for. A **convolutional network** has kernels too, but it learns the numbers by gradient descent, like any other
# weights. Before it can, we need the operation itself.
#
# ## 1 · Slide, multiply, add
#
# One thing first. A kernel of three by three has no place for its centre on the outermost pixels: it would hang over
# the edge. So the result is smaller than the picture, by two rows and two columns. Whoever wants to keep the size
# puts a frame of extra pixels around the picture, mostly zeros: **padding**. The last cell did, by `padding="same"`,
# and kernel C moved the frame into view.
#
# Pictures come in batches from now on, with four axes that PyTorch always has in this order: (batch, channels,
# height, width), in short NCHW. A channel is one sort of information about every pixel, for instance its red light.
#
# ### Exercise: a frame around the picture
# difficulty 1/5 · 6 minutes · cards: pad-by-slice, nchw
#
# Make a larger tensor that is filled with `value` everywhere (of the same dtype as `x`, which `x.new_full` sees to),
# and write `x` into the right part of it by a slice assignment. The four sides may all be different.


# %% solution="pad2d"
def pad2d(x, left: int, right: int, top: int, bottom: int, value: float = 0.0) -> torch.Tensor:
    """Pictures (batch, channels, height, width) with a frame of `value` around each."""
    batch, channels, height, width = x.shape
    rows, columns = top + height + bottom, left + width + right  # ? top + height + bottom | left + width + right
    padded = x.new_full((batch, channels, rows, columns), value)  # ? new_full | value
    padded[..., top : top + height, left : left + width] = x  # ? top : top + height | left : left + width | x
    return padded


# %% tests="pad2d" points=3
with checks.check("one pixel, a frame of different widths", hint="how many rows lie above, and how many below?"):
    got = pad2d(torch.ones(1, 1, 1, 1), left=1, right=2, top=1, bottom=0)
    checks.close(got, [[[[0.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]]]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("any batch, any frame, any value", hint="left and right belong to the width; what fills the frame?"):
    x = rng.tensor(2, 3, rng.integer(3, 5), rng.integer(6, 8))
    left, right, top, bottom = (int(n) for n in rng.permutation(4))
    value = rng.uniform(2, 3)
    checks.close(pad2d(x, left, right, top, bottom, value), F.pad(x, (left, right, top, bottom), value=value))
with checks.check("zeros unless told otherwise; bytes stay bytes", hint="x.new_full keeps the dtype of x"):
    x = rng.integers(1, 2, 3, 4, low=1, high=9).to(torch.uint8)
    got = pad2d(x, 2, 1, 3, 4)
    checks.equal(got, F.pad(x, (2, 1, 3, 4)))
    checks.dtype(got, torch.uint8)
### END HIDDEN TESTS


# %% right="pad2d: torch.full and one index after the other"
def pad2d(x, left, right, top, bottom, value=0.0):
    n, c, h, w = x.shape
    padded = torch.full((n, c, h + top + bottom, w + left + right), value).to(x.dtype)
    padded[:, :, top : h + top, left : w + left] = x
    return padded


# %% right="pad2d: glue strips to the four sides"
def pad2d(x, left, right, top, bottom, value=0.0):
    n, c, h, w = x.shape
    wide = torch.cat([x.new_full((n, c, h, left), value), x, x.new_full((n, c, h, right), value)], dim=3)
    strips = [x.new_full((n, c, rows, left + w + right), value) for rows in (top, bottom)]
    return torch.cat([strips[0], wide, strips[1]], dim=2)


# %% right="pad2d: numpy"
def pad2d(x, left, right, top, bottom, value=0.0):
    import numpy as np

    return np.pad(x.numpy(), ((0, 0), (0, 0), (top, bottom), (left, right)), constant_values=value)


# %% wrong="pad2d: always zeros"
def pad2d(x, left, right, top, bottom, value=0.0):
    batch, channels, height, width = x.shape
    padded = x.new_zeros((batch, channels, top + height + bottom, left + width + right))
    padded[..., top : top + height, left : left + width] = x
    return padded


# %% wrong="pad2d: mixes up left and top"
def pad2d(x, left, right, top, bottom, value=0.0):
    batch, channels, height, width = x.shape
    padded = x.new_full((batch, channels, left + height + right, top + width + bottom), value)
    padded[..., left : left + height, top : top + width] = x
    return padded


# %% wrong="pad2d: counts from the wrong side"
def pad2d(x, left, right, top, bottom, value=0.0):
    batch, channels, height, width = x.shape
    padded = x.new_full((batch, channels, top + height + bottom, left + width + right), value)
    padded[..., bottom : bottom + height, right : right + width] = x
    return padded


# %% wrong="pad2d: the same frame on both sides"
def pad2d(x, left, right, top, bottom, value=0.0):
    batch, channels, height, width = x.shape
    padded = x.new_full((batch, channels, 2 * top + height, 2 * left + width), value)
    padded[..., top : top + height, left : left + width] = x
    return padded


# %% [markdown]
# Now slide, along a line first. Sound, an electrocardiogram, the temperature of a year: signals have one axis to
# slide along, so they take a *one-dimensional* convolution. A picture has two, a film or a CT scan three.

# %%
days = torch.arange(365.0)
noise = torch.randn(365, generator=torch.Generator().manual_seed(1))
warmth = 10 - 9 * torch.cos(days / 365 * 6.283) + 3 * noise
month = F.conv1d(warmth[None, None], torch.ones(1, 1, 30) / 30)[0, 0]
figure, axis = plt.subplots(figsize=(7, 2.5))
axis.plot(days, warmth, linewidth=0.5, label="a made-up year of temperatures")
axis.plot(days[15:-14], month, label="after a kernel of thirty times 1/30")
axis.legend(fontsize=8)
figure.tight_layout()

# %% [markdown]
# A signal may have several channels, such as the left and the right ear. Then a kernel has a row of numbers *for each
# channel*, and the products of all channels go into one sum. One kernel makes one channel of output. Several kernels,
# stacked, make several.
#
# - signal: (batch, in_channels, width)
# - kernels: (out_channels, in_channels, kernel_width)
# - result: (batch, out_channels, as many places as the kernel fits in)
#
# The **stride** says how far the kernel moves each time. With stride 2 every second place is left out.
#
# (In mathematics a convolution turns the kernel around before it slides. Networks do not: strictly, theirs is a
# *cross-correlation*. As the numbers are learnt, it makes no difference to what a network can do.)
#
# ### Exercise: along a line
# difficulty 2/5 · 10 minutes · cards: convolution-steps, conv-dimensions, cross-correlation
#
# Write it with a loop over the places where the kernel can stand. If the signal's end does not fill a whole kernel,
# it is left out.
#
# hint: `range(0, width - size + 1, stride)` goes through all the places where a kernel of `size` fits.
#
# hint: For one place, `signal[:, None, :, start : start + size] * kernels` has the shape (batch, out_channels,
# in_channels, size). Which axes have to be added up?


# %% solution="conv1d"
def conv1d(signal: torch.Tensor, kernels: torch.Tensor, stride: int = 1) -> torch.Tensor:
    """(batch, in_channels, width) and (out_channels, in_channels, size) to (batch, out_channels, places)."""
    ### BEGIN SOLUTION
    size = kernels.shape[-1]
    places = range(0, signal.shape[-1] - size + 1, stride)
    sums = [(signal[:, None, :, start : start + size] * kernels).flatten(2).sum(dim=2) for start in places]
    return torch.stack(sums, dim=2)
    ### END SOLUTION


# %% tests="conv1d" points=4
with checks.check(
    "the difference of neighbours", hint="the kernel as it is, at every place where it fits; a plain sum"
):
    got = conv1d(torch.tensor([[[1.0, 4.0, 9.0, 16.0]]]), torch.tensor([[[-1.0, 1.0]]]))
    checks.close(got, [[[3.0, 5.0, 7.0]]])
with checks.check("two channels go into one sum", hint="add up over the channels too"):
    got = conv1d(torch.tensor([[[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]]]), torch.ones(1, 2, 2))
    checks.close(got, [[[33.0, 55.0]]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("any batch, any channels", hint="compare with the docstring; is the kernel as it was?"):
    x, k = rng.tensor(2, 3, rng.integer(9, 12)), rng.tensor(5, 3, 4)
    checks.close(conv1d(x, k), F.conv1d(x, k), rtol=1e-4, atol=1e-5)
with checks.check(
    "strides, also when they do not come out even",
    hint="how far apart are two places? the last one must hold a whole kernel",
):
    x, k = rng.tensor(2, 2, 11), rng.tensor(3, 2, 3)
    for stride in (2, 3, 5):
        checks.close(conv1d(x, k, stride), F.conv1d(x, k, stride=stride), rtol=1e-4, atol=1e-5)
### END HIDDEN TESTS


# %% right="conv1d: unfold and einsum"
def conv1d(signal, kernels, stride=1):
    return torch.einsum("ncpk,ock->nop", signal.unfold(2, kernels.shape[2], stride), kernels)


# %% right="conv1d: four loops"
def conv1d(signal, kernels, stride=1):
    size = kernels.shape[2]
    places = (signal.shape[2] - size) // stride + 1
    result = torch.zeros(len(signal), len(kernels), places)
    for n in range(len(signal)):
        for o in range(len(kernels)):
            for p in range(places):
                result[n, o, p] = (signal[n, :, p * stride : p * stride + size] * kernels[o]).sum()
    return result


# %% wrong="conv1d: turns the kernel around"
def conv1d(signal, kernels, stride=1):
    return F.conv1d(signal, kernels.flip(-1), stride=stride)


# %% wrong="conv1d: misses the last place"
def conv1d(signal, kernels, stride=1):
    size = kernels.shape[-1]
    places = range(0, signal.shape[-1] - size, stride)
    return torch.stack([(signal[:, None, :, s : s + size] * kernels).sum(dim=(2, 3)) for s in places], dim=2)


# %% wrong="conv1d: forgets the stride"
def conv1d(signal, kernels, stride=1):
    size = kernels.shape[-1]
    places = range(signal.shape[-1] - size + 1)
    return torch.stack([(signal[:, None, :, s : s + size] * kernels).sum(dim=(2, 3)) for s in places], dim=2)


# %% wrong="conv1d: mean instead of sum"
def conv1d(signal, kernels, stride=1):
    size = kernels.shape[-1]
    places = range(0, signal.shape[-1] - size + 1, stride)
    return torch.stack([(signal[:, None, :, s : s + size] * kernels).mean(dim=(2, 3)) for s in places], dim=2)


# %% wrong="conv1d: output channels last"
def conv1d(signal, kernels, stride=1):
    size = kernels.shape[-1]
    places = range(0, signal.shape[-1] - size + 1, stride)
    return torch.stack([(signal[:, None, :, s : s + size] * kernels).sum(dim=(2, 3)) for s in places], dim=1)


# %% [markdown]
# A picture needs a second loop, and nothing else is new. A colour picture has three channels (red, green, blue), so
# one kernel of size 5 on it has not 25 numbers but 3 × 5 × 5 = 75. **Predict:** what shape has the result of eight
# such kernels on one photograph of 100 × 100?

# %%
print(F.conv2d(torch.rand(1, 3, 100, 100), torch.rand(8, 3, 5, 5)).shape)

# %% [markdown]
# The depth of the kernel always equals the number of channels that come in. The *number* of kernels is the number of
# channels that go out.
#
# ### Exercise: across a picture
# difficulty 3/5 · 12 minutes · cards: convolution-steps, kernel-depth
#
# Write the whole layer: padding by zeros on all four sides, stride in both directions, and a bias, one number for
# each output channel, that is added at every place (or no bias at all when it is `None`).
#
# hint: Begin with `F.pad(x, (padding, padding, padding, padding))` and a tensor of zeros for the result.
#
# hint: To be added to (batch, out_channels, height, width), a bias of shape (out_channels,) needs two more axes *at
# its end*.


# %% solution="conv2d"
def conv2d(x, kernels, bias=None, stride: int = 1, padding: int = 0) -> torch.Tensor:
    """(batch, in, height, width) and kernels (out, in, kh, kw) to (batch, out, rows, columns)."""
    ### BEGIN SOLUTION
    x = F.pad(x, (padding, padding, padding, padding))
    kh, kw = kernels.shape[2:]
    rows = range(0, x.shape[2] - kh + 1, stride)
    columns = range(0, x.shape[3] - kw + 1, stride)
    result = x.new_zeros(len(x), len(kernels), len(rows), len(columns))
    for i, top in enumerate(rows):
        for j, left in enumerate(columns):
            patch = x[:, None, :, top : top + kh, left : left + kw]
            result[:, :, i, j] = (patch * kernels).flatten(2).sum(dim=2)
    return result if bias is None else result + bias[:, None, None]
    ### END SOLUTION


# %% tests="conv2d" points=5
with checks.check("one kernel on a tiny picture", hint="lay it on, multiply, add up"):
    x = torch.tensor([[[[1.0, 2.0, 0.0], [3.0, 4.0, 0.0]]]])
    checks.close(conv2d(x, torch.tensor([[[[1.0, 10.0], [100.0, 1000.0]]]])), [[[[4321.0, 402.0]]]])
with checks.check("padding and bias", hint="pad first; the bias comes to every place of its channel"):
    got = conv2d(torch.ones(1, 1, 1, 1), torch.ones(2, 1, 3, 3), torch.tensor([0.5, -2.0]), padding=1)
    checks.close(got, [[[[1.5]], [[-1.0]]]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
x, k, b = rng.tensor(2, 3, 8, rng.integer(9, 11)), rng.tensor(4, 3, 3, 2), rng.tensor(4)
with checks.check(
    "any batch and channels, kernels that are not square", hint="which axis of the kernel is its height?"
):
    checks.close(conv2d(x, k), F.conv2d(x, k), rtol=1e-4, atol=1e-5)
with checks.check("with stride and padding", hint="pad first; then the stride decides where kernels stand"):
    for stride, padding in ((2, 0), (1, 2), (3, 1)):
        got = conv2d(x, k, None, stride, padding)
        checks.close(got, F.conv2d(x, k, None, stride, padding), rtol=1e-4, atol=1e-5)
with checks.check("with everything, by name", hint="padding, then stride, then one bias for each output channel"):
    got = conv2d(x, k, bias=b, stride=2, padding=1)
    checks.close(got, F.conv2d(x, k, b, 2, 1), rtol=1e-4, atol=1e-5)
### END HIDDEN TESTS


# %% right="conv2d: patches as columns of a matrix"
def conv2d(x, kernels, bias=None, stride=1, padding=0):
    kh, kw = kernels.shape[2:]
    patches = F.unfold(x, (kh, kw), padding=padding, stride=stride)
    y = kernels.flatten(1) @ patches
    rows = (x.shape[2] + 2 * padding - kh) // stride + 1
    y = y.reshape(len(x), len(kernels), rows, -1)
    return y if bias is None else y + bias.reshape(1, -1, 1, 1)


# %% right="conv2d: a loop over the kernel's pixels instead"
def conv2d(x, kernels, bias=None, stride=1, padding=0):
    x = F.pad(x, [padding] * 4)
    kh, kw = kernels.shape[-2:]
    rows, columns = (x.shape[2] - kh) // stride + 1, (x.shape[3] - kw) // stride + 1
    y = torch.zeros(x.shape[0], kernels.shape[0], rows, columns)
    for i in range(kh):
        for j in range(kw):
            part = x[:, :, i : i + rows * stride : stride, j : j + columns * stride : stride][:, :, :rows, :columns]
            y += torch.einsum("nchw,oc->nohw", part, kernels[:, :, i, j])
    if bias is not None:
        y = y + bias.view(-1, 1, 1)
    return y


# %% wrong="conv2d: forgets the padding"
def conv2d(x, kernels, bias=None, stride=1, padding=0):
    return F.conv2d(x, kernels, bias, stride)


# %% wrong="conv2d: pads only the right and the bottom"
def conv2d(x, kernels, bias=None, stride=1, padding=0):
    return F.conv2d(F.pad(x, (0, 2 * padding, 0, 2 * padding)), kernels, bias, stride)


# %% wrong="conv2d: forgets the bias"
def conv2d(x, kernels, bias=None, stride=1, padding=0):
    return F.conv2d(x, kernels, None, stride, padding)


# %% wrong="conv2d: stride only down the rows"
def conv2d(x, kernels, bias=None, stride=1, padding=0):
    return F.conv2d(x, kernels, bias, (stride, 1), padding)


# %% wrong="conv2d: takes the height of the kernel for its width too"
def conv2d(x, kernels, bias=None, stride=1, padding=0):
    x = F.pad(x, (padding, padding, padding, padding))
    kh = kernels.shape[2]
    rows, columns = (range(0, side - kh + 1, stride) for side in x.shape[2:])
    result = x.new_zeros(len(x), len(kernels), len(rows), len(columns))
    for i, top in enumerate(rows):
        for j, left in enumerate(columns):
            patch = x[:, None, :, top : top + kh, left : left + kh]
            result[:, :, i, j] = (patch * kernels).sum(dim=(2, 3, 4))
    return result if bias is None else result + bias[:, None, None]


# %% [markdown]
# Try yours on the photograph, and look at the clock. Yours is right, and slow, because Python goes through the places
# one by one.

# %%
tall = conv2d(grey[None], torch.stack([upright, upright.T])[:, None], stride=2)
show(tall[0], ["upright edges, stride 2", "level edges, stride 2"], size=3, signed=True)

# %% [markdown]
# ## 2 · Counting before computing
#
# Whoever builds a network needs two numbers all the time: how large the result will be, and how many weights that
# costs. One more option changes the first number. **Dilation** spreads the kernel: with dilation 2 it uses every
# second pixel, so three numbers reach over five pixels.
#
# **Groups** change the second number. With `groups=2`, the first half of the output channels sees only the first half
# of the input channels, and the second half only the second.
#
# ### Exercise: how large, how many?
# difficulty 2/5 · 8 minutes · cards: conv-output-size, conv-parameters, same-padding, read-conv2d
#
# Fill the blanks. `reach` is how many pixels the kernel covers from its first to its last. Sides are whole numbers:
# what does not fill a whole step is lost.


# %% solution="out_size"
def out_size(side: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """How many places a kernel finds along one side of a picture."""
    reach = dilation * (kernel - 1) + 1  # ? dilation | kernel - 1
    return (side + 2 * padding - reach) // stride + 1  # ? 2 * padding | stride | 1


def count_parameters(in_channels: int, out_channels: int, kernel: int, groups: int = 1, bias: bool = True) -> int:
    """How many numbers nn.Conv2d learns with square kernels of this size."""
    weights = out_channels * (in_channels // groups) * kernel**2  # ? in_channels // groups | kernel**2
    return weights + out_channels if bias else weights  # ? out_channels


def same_padding(kernel: int, dilation: int = 1) -> int:
    """The padding by which a kernel of odd size with stride 1 keeps the size of the picture."""
    return dilation * (kernel - 1) // 2  # ? kernel - 1 | 2


# %% tests="out_size" points=4
with checks.check("a kernel of 5 on 28 pixels finds 24 places", hint="count them for a kernel of 1 and of 2 first"):
    checks.close(out_size(28, 5), 24)
    checks.close(out_size(28, 5, stride=2), 12)
with checks.check("eight 5 by 5 kernels on a colour picture", hint="how deep is each kernel? one bias for each kernel"):
    checks.close(count_parameters(3, 8, 5), 608)
    checks.close(count_parameters(3, 8, 5, bias=False), 600)
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check(
    "any side, as a real layer has it",
    hint="padding at both ends; which pixels does a kernel of 3 reach with dilation 2?",
):
    for stride in (1, 2, 3, 4):
        side, kernel, padding, dilation = rng.integer(20, 40), rng.integer(2, 5), rng.integer(1, 3), rng.integer(2, 3)
        line = torch.zeros(1, 1, side)
        place = F.conv1d(line, torch.zeros(1, 1, kernel), stride=stride, padding=padding, dilation=dilation)
        checks.close(out_size(side, kernel, stride, padding, dilation), place.shape[-1])
with checks.check(
    "parameters of any layer; padding that keeps the size",
    hint="a group sees only its own inputs; dilation needs a wider frame",
):
    groups, kernel, dilation = rng.integer(2, 4), rng.choice([3, 5, 7]), rng.integer(2, 4)
    layer = nn.Conv2d(groups * 3, groups * 5, kernel, groups=groups)
    checks.close(count_parameters(groups * 3, groups * 5, kernel, groups), sum(p.numel() for p in layer.parameters()))
    checks.close(count_parameters(groups * 3, groups * 5, kernel, groups, False), layer.weight.numel())
    for spread in (1, dilation):
        padding = same_padding(kernel, spread)
        kept = F.conv1d(torch.zeros(1, 1, 40), torch.zeros(1, 1, kernel), padding=int(padding), dilation=spread)
        checks.close(padding, int(padding))
        checks.shape(kept, 1, 1, 40)
### END HIDDEN TESTS


# %% right="out_size: by counting, and by asking a layer"
def out_size(side, kernel, stride=1, padding=0, dilation=1):
    return len(range(0, side + 2 * padding - dilation * (kernel - 1), stride))


def count_parameters(in_channels, out_channels, kernel, groups=1, bias=True):
    layer = nn.Conv2d(in_channels, out_channels, kernel, groups=groups, bias=bias)
    return sum(p.numel() for p in layer.parameters())


def same_padding(kernel, dilation=1):
    return kernel // 2 * dilation


# %% right="out_size: the formula as PyTorch prints it"
def out_size(side, kernel, stride=1, padding=0, dilation=1):
    return int((side + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1)


def count_parameters(in_channels, out_channels, kernel, groups=1, bias=True):
    of_one = in_channels / groups * kernel * kernel + (1 if bias else 0)
    return int(out_channels * of_one)


def same_padding(kernel, dilation=1):
    return (dilation * (kernel - 1) + 1) // 2


# %% right="out_size: floats"
def out_size(side, kernel, stride=1, padding=0, dilation=1):
    import math

    return math.floor((side + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1


def count_parameters(in_channels, out_channels, kernel, groups=1, bias=True):
    n = out_channels * in_channels * kernel * kernel / groups
    return n + out_channels * bias


def same_padding(kernel, dilation=1):
    return (kernel - 1) / 2 * dilation


# %% wrong="out_size: pads only one end"
def out_size(side, kernel, stride=1, padding=0, dilation=1):
    return (side + padding - dilation * (kernel - 1) - 1) // stride + 1


def count_parameters(in_channels, out_channels, kernel, groups=1, bias=True):
    return out_channels * (in_channels // groups) * kernel**2 + (out_channels if bias else 0)


def same_padding(kernel, dilation=1):
    return dilation * (kernel - 1) // 2


# %% wrong="out_size: one place too few"
def out_size(side, kernel, stride=1, padding=0, dilation=1):
    return (side + 2 * padding - dilation * (kernel - 1) - 1) // stride


def count_parameters(in_channels, out_channels, kernel, groups=1, bias=True):
    return out_channels * (in_channels // groups) * kernel**2 + (out_channels if bias else 0)


def same_padding(kernel, dilation=1):
    return dilation * (kernel - 1) // 2


# %% wrong="out_size: dilation times the kernel"
def out_size(side, kernel, stride=1, padding=0, dilation=1):
    return (side + 2 * padding - dilation * kernel) // stride + 1


def count_parameters(in_channels, out_channels, kernel, groups=1, bias=True):
    return out_channels * (in_channels // groups) * kernel**2 + (out_channels if bias else 0)


def same_padding(kernel, dilation=1):
    return dilation * (kernel - 1) // 2


# %% wrong="out_size: one bias for the whole layer"
def out_size(side, kernel, stride=1, padding=0, dilation=1):
    return (side + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


def count_parameters(in_channels, out_channels, kernel, groups=1, bias=True):
    return out_channels * (in_channels // groups) * kernel**2 + (1 if bias else 0)


def same_padding(kernel, dilation=1):
    return dilation * (kernel - 1) // 2


# %% wrong="out_size: kernels that are not as deep as the picture"
def out_size(side, kernel, stride=1, padding=0, dilation=1):
    return (side + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


def count_parameters(in_channels, out_channels, kernel, groups=1, bias=True):
    return out_channels * kernel**2 + (out_channels if bias else 0)


def same_padding(kernel, dilation=1):
    return dilation * (kernel - 1) // 2


# %% wrong="out_size: padding of half the kernel, whatever the dilation"
def out_size(side, kernel, stride=1, padding=0, dilation=1):
    return (side + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


def count_parameters(in_channels, out_channels, kernel, groups=1, bias=True):
    return out_channels * (in_channels // groups) * kernel**2 + (out_channels if bias else 0)


def same_padding(kernel, dilation=1):
    return kernel // 2


# %% [markdown]
# Now compare. A dense layer from a photograph of 224 × 224 in colour to an equally large picture of eight channels
# would need a weight for every pair of numbers. **Predict** the power of ten.

# %%
dense = (224 * 224 * 3) * (224 * 224 * 8)
print(f"dense: {dense:,} weights; eight kernels of 5 by 5: {count_parameters(3, 8, 5):,}")

# %% [markdown]
# Two savings are at work. Each output looks only at a few inputs (**sparse connections**), and the same few numbers
# serve every place (**shared weights**). Both come from knowing something about pictures beforehand: neighbours
# belong together, and an edge is an edge wherever it lies.


# %% setup
def places(side, kernel, stride=1, dilation=1):
    """How many places a kernel finds on a side that is padded already, so that nothing hangs on your answer above."""
    return len(range(0, side - dilation * (kernel - 1), stride))


# %% [markdown]
# ## 3 · The same without loops
#
# A tensor is a row of numbers in memory and a rule for walking through it: its **strides** say how many numbers to
# skip for one step along each axis. A contiguous picture of 4 × 5 has strides (5, 1): a step down skips five numbers,
# a step to the right skips one.
#
# `as_strided` makes a *view* with any shape and any strides that you like, without copying a number. So we can ask
# for a view with two axes more, "which place" and "which pixel of the window there", that both walk through the same
# memory:

# %%
line = torch.arange(6.0)
print(line.as_strided(size=(4, 3), stride=(1, 1)))

# %% [markdown]
# Each row is one window of three numbers. **Predict** what `stride=(2, 1)` and size (2, 3) would show, and which
# stride belongs to a *dilated* window. Then change the cell above.
#
# ### Exercise: windows from strides
# difficulty 4/5 · 15 minutes · cards: conv-by-strides, dilation
#
# The view has six axes: batch, channel, row of the place, column of the place, row in the window, column in the
# window. The first two walk as in `x`. One step to the next place skips `stride` pixels; one step within the window
# skips `dilation` pixels. Then a single `einsum` multiplies and adds: letters that are missing after the arrow are
# added up. Use b, c, r, s, i, j for the six axes in this order, and o for the output channels.
#
# hint: How far apart in memory are two neighbours in one column of the picture? That is the third number of
# `x.stride()`.


# %% solution="conv2d_strided"
def conv2d_strided(x, kernels, stride: int = 1, dilation: int = 1) -> torch.Tensor:
    """The convolution of (batch, in, height, width) with (out, in, kh, kw), without a loop and without padding."""
    batch, channels, height, width = x.shape
    kh, kw = kernels.shape[2:]
    rows, columns = places(height, kh, stride, dilation), places(width, kw, stride, dilation)
    b, c, h, w = x.stride()  # ? x.stride()
    size = (batch, channels, rows, columns, kh, kw)
    between = (h * stride, w * stride)  # ? h * stride | w * stride
    within = (h * dilation, w * dilation)  # ? h * dilation | w * dilation
    windows = x.as_strided(size, (b, c, *between, *within))  # ? as_strided
    return torch.einsum("bcrsij,ocij->bors", windows, kernels)  # ? einsum | "bcrsij,ocij->bors"


# %% tests="conv2d_strided" points=5
def on_a_turned_picture(conv, x, kernels):
    """What comes out for a picture whose rows do not lie one after the other in memory."""
    return conv(x.transpose(2, 3)[:, :, 1:], kernels)


with checks.check("one kernel on a tiny picture", hint="print windows: are they the right patches?"):
    x = torch.tensor([[[[1.0, 2.0, 0.0], [3.0, 4.0, 0.0]]]])
    got = conv2d_strided(x, torch.tensor([[[[1.0, 10.0], [100.0, 1000.0]]]]))
    checks.close(got, [[[[4321.0, 402.0]]]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
x, k = rng.tensor(2, 3, 9, rng.integer(11, 13)), rng.tensor(4, 3, 2, 3)
with checks.check("any batch and channels", hint="which letters must be left after the arrow, in which order?"):
    checks.close(conv2d_strided(x, k), F.conv2d(x, k), rtol=1e-4, atol=1e-5)
with checks.check("strides", hint="the stride lies between places"):
    for stride in (2, 3):
        checks.close(conv2d_strided(x, k, stride), F.conv2d(x, k, stride=stride), rtol=1e-4, atol=1e-5)
with checks.check("dilation, also together with a stride", hint="the dilation lies between the pixels of a window"):
    for stride, dilation in ((1, 2), (2, 3)):
        got = conv2d_strided(x, k, stride=stride, dilation=dilation)
        checks.close(got, F.conv2d(x, k, stride=stride, dilation=dilation), rtol=1e-4, atol=1e-5)
with checks.check("pictures that lie otherwise in memory", hint="ask x for its strides; do not work them out yourself"):
    got = checks.there(on_a_turned_picture, conv2d_strided, x, k)
    checks.close(got, F.conv2d(x.transpose(2, 3)[:, :, 1:], k), rtol=1e-4, atol=1e-5)
### END HIDDEN TESTS


# %% right="conv2d_strided: torch.as_strided, other letters"
def conv2d_strided(x, kernels, stride=1, dilation=1):
    batch, channels, height, width = x.shape
    kh, kw = kernels.shape[2:]
    rows = (height - dilation * (kh - 1) - 1) // stride + 1
    columns = (width - dilation * (kw - 1) - 1) // stride + 1
    s = x.stride()
    step = (s[0], s[1], s[2] * stride, s[3] * stride, s[2] * dilation, s[3] * dilation)
    windows = torch.as_strided(x, (batch, channels, rows, columns, kh, kw), step)
    return torch.einsum("nchwyx,kcyx->nkhw", windows, kernels)


# %% right="conv2d_strided: unfold twice, then tensordot"
def conv2d_strided(x, kernels, stride=1, dilation=1):
    kh, kw = kernels.shape[2:]
    tall, wide = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    windows = x.unfold(2, tall, stride).unfold(3, wide, stride)[..., ::dilation, ::dilation]
    return torch.tensordot(windows, kernels, dims=([1, 4, 5], [1, 2, 3])).permute(0, 3, 1, 2)


# %% wrong="conv2d_strided: the stride on the wrong axes"
def conv2d_strided(x, kernels, stride=1, dilation=1):
    batch, channels, height, width = x.shape
    kh, kw = kernels.shape[2:]
    rows, columns = places(height, kh, stride, dilation), places(width, kw, stride, dilation)
    b, c, h, w = x.stride()
    step = (b, c, h * dilation, w * dilation, h * stride, w * stride)
    windows = x.as_strided((batch, channels, rows, columns, kh, kw), step)
    return torch.einsum("bcrsij,ocij->bors", windows, kernels)


# %% wrong="conv2d_strided: forgets the dilation"
def conv2d_strided(x, kernels, stride=1, dilation=1):
    batch, channels, height, width = x.shape
    kh, kw = kernels.shape[2:]
    rows, columns = places(height, kh, stride, dilation), places(width, kw, stride, dilation)
    b, c, h, w = x.stride()
    windows = x.as_strided((batch, channels, rows, columns, kh, kw), (b, c, h * stride, w * stride, h, w))
    return torch.einsum("bcrsij,ocij->bors", windows, kernels)


# %% wrong="conv2d_strided: strides worked out from the shape"
def conv2d_strided(x, kernels, stride=1, dilation=1):
    batch, channels, height, width = x.shape
    kh, kw = kernels.shape[2:]
    rows, columns = places(height, kh, stride, dilation), places(width, kw, stride, dilation)
    b, c, h, w = channels * height * width, height * width, width, 1
    step = (b, c, h * stride, w * stride, h * dilation, w * dilation)
    windows = x.as_strided((batch, channels, rows, columns, kh, kw), step)
    return torch.einsum("bcrsij,ocij->bors", windows, kernels)


# %% wrong="conv2d_strided: turns rows and columns of the result"
def conv2d_strided(x, kernels, stride=1, dilation=1):
    return F.conv2d(x, kernels, stride=stride, dilation=dilation).transpose(2, 3)


# %% wrong="conv2d_strided: keeps the input channels apart"
def conv2d_strided(x, kernels, stride=1, dilation=1):
    batch, channels, height, width = x.shape
    kh, kw = kernels.shape[2:]
    rows, columns = places(height, kh, stride, dilation), places(width, kw, stride, dilation)
    b, c, h, w = x.stride()
    step = (b, c, h * stride, w * stride, h * dilation, w * dilation)
    windows = x.as_strided((batch, channels, rows, columns, kh, kw), step)
    return torch.einsum("bcrsij,ocij->bcrs", windows, kernels)


# %% [markdown]
# That is the trick behind most fast convolutions: turn windows into the rows of a table, and let one matrix product
# do the rest, because nothing is faster than matrix products.
#
# ## 4 · Three disguises
#
# A convolution is also something else, three times over.
#
# 1. With **groups** it is several smaller convolutions side by side. In the extreme, each channel has a group of its
#    own ("depthwise").
# 2. With a kernel of **1 × 1** it does not look at neighbours at all. It mixes the channels of each pixel, so it is a
#    linear layer for every pixel.
# 3. A **dense layer** on features of (channels, height, width) is a convolution whose kernel is as large as the whole
#    picture. Written so, it can be slid over a larger picture and gives an answer for every place, in one go.
#
# ### Exercise: three disguises
# difficulty 3/5 · 12 minutes · cards: groups, one-by-one, dense-as-conv
#
# - `grouped` makes a convolution with groups from several without. You may call `F.conv2d` (but not its `groups`).
# - `pointwise` does what a 1 × 1 convolution does, without any convolution. `weight` has the shape (out, in).
# - `as_kernels` turns the weight (out, channels · height · width) of a dense layer that follows `flatten(1)` into
#   kernels.
#
# hint: `x.chunk(groups, dim=1)` cuts a tensor into equal parts along an axis. Which axis of the kernels has to be cut?


# %% solution="disguises"
def grouped(x: torch.Tensor, kernels: torch.Tensor, groups: int) -> torch.Tensor:
    """A convolution with groups: (batch, in, height, width) with (out, in / groups, kh, kw)."""
    ### BEGIN SOLUTION
    return torch.cat(list(map(F.conv2d, x.chunk(groups, dim=1), kernels.chunk(groups))), dim=1)
    ### END SOLUTION


def pointwise(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """A 1 by 1 convolution: (batch, in, height, width) with (out, in) to (batch, out, height, width)."""
    ### BEGIN SOLUTION
    return torch.einsum("bchw,oc->bohw", x, weight)
    ### END SOLUTION


def as_kernels(weight: torch.Tensor, channels: int, height: int, width: int) -> torch.Tensor:
    """The kernels (out, channels, height, width) that do what a dense layer does."""
    ### BEGIN SOLUTION
    return weight.reshape(-1, channels, height, width)
    ### END SOLUTION


# %% tests="disguises" points=5
with checks.check("two groups of one channel", hint="the first kernels see the first channels, and nothing else"):
    x = torch.tensor([[[[1.0]], [[10.0]]]])
    checks.close(grouped(x, torch.tensor([[[[2.0]]], [[[3.0]]]]), 2), [[[[2.0]], [[30.0]]]])
with checks.check("mix two channels at each pixel", hint="the weights of one output stand in one row"):
    x = torch.tensor([[[[1.0, 2.0]], [[10.0, 20.0]]]])
    got = pointwise(x, torch.tensor([[1.0, 1.0], [1.0, 0.0], [0.0, 2.0]]))
    checks.close(got, [[[[11.0, 22.0]], [[1.0, 2.0]], [[20.0, 40.0]]]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("any number of groups", hint="cut the output channels too, and put the results together again"):
    for groups in (1, 2, 3):
        x, k = rng.tensor(2, groups * 2, 5, 6), rng.tensor(groups * rng.integer(2, 3), 2, 3, 2)
        checks.close(grouped(x, k, groups), F.conv2d(x, k, groups=groups), rtol=1e-4, atol=1e-5)
with checks.check("any 1 by 1 convolution", hint="batch, height and width stay as they are"):
    x, w = rng.tensor(3, 4, 5, 6), rng.tensor(rng.integer(2, 6), 4)
    checks.close(pointwise(x, w), F.conv2d(x, w[:, :, None, None]), rtol=1e-4, atol=1e-5)
with checks.check("a dense layer as a convolution", hint="in which order did flatten put channel, row and column?"):
    x, w = rng.tensor(2, 3, 4, 5), rng.tensor(7, 60)
    kernels = as_kernels(w, 3, 4, 5)
    checks.shape(kernels, 7, 3, 4, 5)
    checks.close(F.conv2d(x, kernels)[:, :, 0, 0], F.linear(x.flatten(1), w), rtol=1e-4, atol=1e-5)
### END HIDDEN TESTS


# %% right="disguises: slices, matmul, unflatten"
def grouped(x, kernels, groups):
    i, o = x.shape[1] // groups, kernels.shape[0] // groups
    parts = [F.conv2d(x[:, g * i : (g + 1) * i], kernels[g * o : (g + 1) * o]) for g in range(groups)]
    return torch.cat(parts, 1)


def pointwise(x, weight):
    return (weight @ x.flatten(2)).reshape(len(x), len(weight), *x.shape[2:])


def as_kernels(weight, channels, height, width):
    return weight.unflatten(1, (channels, height, width))


# %% right="disguises: one kernel full of zeros, a linear layer on the last axis"
def grouped(x, kernels, groups):
    out, some = kernels.shape[:2]
    full = torch.zeros(out, some * groups, *kernels.shape[2:])
    for o in range(out):
        g = o * groups // out
        full[o, g * some : (g + 1) * some] = kernels[o]
    return F.conv2d(x, full)


def pointwise(x, weight):
    return F.linear(x.permute(0, 2, 3, 1), weight).permute(0, 3, 1, 2)


def as_kernels(weight, channels, height, width):
    return torch.stack([row.view(channels, height, width) for row in weight])


# %% wrong="disguises: each group sees every kernel"
def grouped(x, kernels, groups):
    return torch.cat([F.conv2d(part, kernels) for part in x.chunk(groups, dim=1)], dim=1)


def pointwise(x, weight):
    return torch.einsum("bchw,oc->bohw", x, weight)


def as_kernels(weight, channels, height, width):
    return weight.reshape(-1, channels, height, width)


# %% wrong="disguises: adds the groups up"
def grouped(x, kernels, groups):
    parts = zip(x.chunk(groups, dim=1), kernels.chunk(groups, dim=0), strict=True)
    return sum(F.conv2d(some_x, some_kernels) for some_x, some_kernels in parts)


def pointwise(x, weight):
    return torch.einsum("bchw,oc->bohw", x, weight)


def as_kernels(weight, channels, height, width):
    return weight.reshape(-1, channels, height, width)


# %% wrong="disguises: mixes the width instead of the channels"
def grouped(x, kernels, groups):
    parts = zip(x.chunk(groups, dim=1), kernels.chunk(groups, dim=0), strict=True)
    return torch.cat([F.conv2d(some_x, some_kernels) for some_x, some_kernels in parts], dim=1)


def pointwise(x, weight):
    return x @ weight.T


def as_kernels(weight, channels, height, width):
    return weight.reshape(-1, channels, height, width)


# %% wrong="disguises: kernels with the channels last"
def grouped(x, kernels, groups):
    parts = zip(x.chunk(groups, dim=1), kernels.chunk(groups, dim=0), strict=True)
    return torch.cat([F.conv2d(some_x, some_kernels) for some_x, some_kernels in parts], dim=1)


def pointwise(x, weight):
    return torch.einsum("bchw,oc->bohw", x, weight)


def as_kernels(weight, channels, height, width):
    return weight.reshape(-1, height, width, channels).permute(0, 3, 1, 2)


# %% wrong="disguises: kernels that are turned round"
def grouped(x, kernels, groups):
    parts = zip(x.chunk(groups, dim=1), kernels.chunk(groups, dim=0), strict=True)
    return torch.cat([F.conv2d(some_x, some_kernels) for some_x, some_kernels in parts], dim=1)


def pointwise(x, weight):
    return torch.einsum("bchw,oc->bohw", x, weight)


def as_kernels(weight, channels, height, width):
    return weight.reshape(-1, channels, height, width).flip(2, 3)


# %% [markdown]
# ## 5 · Coarser and coarser
#
# Whether an eye is in pixel (40, 61) or in (41, 61) does not matter for knowing a face. So networks make their maps
# coarser on the way, by strides or by **pooling**: from each small window only the largest number goes on (max
# pooling), or the mean (average pooling). Channels stay apart, and nothing is learnt.

# %%
edges = F.conv2d(grey[None], upright[None, None]).abs()
show([edges[0, 0], F.max_pool2d(edges, 4)[0, 0], F.avg_pool2d(edges, 4)[0, 0]], ["edges", "max", "mean"], 3, True)

# %% [markdown]
# ### Exercise: pooling
# difficulty 3/5 · 10 minutes · cards: pooling
#
# Write both, for square windows of side `kernel`. If no stride is given, windows stand side by side, so the stride
# equals the kernel. Rows and columns that fill no whole window are left out. `max_pool` also takes a padding. It must
# never win against a real pixel, not even where all pixels are negative.
#
# hint: `F.pad` has an argument `value`. Which number is smaller than every other?


# %% solution="pooling"
def max_pool(x: torch.Tensor, kernel: int, stride: int | None = None, padding: int = 0) -> torch.Tensor:
    """The largest number of each window, (batch, channels, height, width) to (batch, channels, rows, columns)."""
    ### BEGIN SOLUTION
    stride = kernel if stride is None else stride
    x = F.pad(x, (padding, padding, padding, padding), value=-torch.inf)
    return x.unfold(2, kernel, stride).unfold(3, kernel, stride).flatten(4).amax(dim=4)
    ### END SOLUTION


def avg_pool(x: torch.Tensor, kernel: int, stride: int | None = None) -> torch.Tensor:
    """The mean of each window."""
    ### BEGIN SOLUTION
    stride = kernel if stride is None else stride
    return x.unfold(2, kernel, stride).unfold(3, kernel, stride).flatten(4).mean(dim=4)
    ### END SOLUTION


# %% tests="pooling" points=5
x = torch.tensor([[[[1.0, 2.0, 5.0, 0.0], [3.0, 4.0, 0.0, 1.0]]]])
with checks.check("two windows side by side", hint="what is the stride when nobody says it? a mean of how many?"):
    checks.close(max_pool(x, 2), [[[[4.0, 5.0]]]])
    checks.close(avg_pool(x, 2), [[[[2.5, 1.5]]]])
with checks.check("windows that overlap", hint="with stride 1 the window moves by one pixel"):
    checks.close(max_pool(x, 2, stride=1), [[[[4.0, 5.0, 5.0]]]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
x = rng.tensor(2, 3, rng.integer(10, 11), 13)
with checks.check("max of any window and stride", hint="channels stay apart; what fills no window is left out"):
    for kernel, stride in ((2, None), (3, None), (3, 2), (2, 3), (4, 1)):
        checks.close(max_pool(x, kernel, stride), F.max_pool2d(x, kernel, stride))
with checks.check("a padding never wins", hint="is zero small enough?"):
    for kernel, stride in ((3, 2), (5, 2), (2, None)):
        checks.close(max_pool(x - 9, kernel, stride, 1), F.max_pool2d(x - 9, kernel, stride, 1))
with checks.check("mean of any window and stride", hint="the mean over both axes of the window"):
    for kernel, stride in ((2, None), (3, 2), (4, 1), (3, 5)):
        checks.close(avg_pool(x, kernel, stride), F.avg_pool2d(x, kernel, stride), rtol=1e-4, atol=1e-6)
### END HIDDEN TESTS


# %% right="pooling: by loops"
def max_pool(x, kernel, stride=None, padding=0):
    stride = stride or kernel
    n, c, h, w = x.shape
    padded = torch.full((n, c, h + 2 * padding, w + 2 * padding), float("-inf"))
    padded[:, :, padding : padding + h, padding : padding + w] = x
    rows, columns = (range(0, side - kernel + 1, stride) for side in padded.shape[2:])
    y = torch.empty(n, c, len(rows), len(columns))
    for i, r in enumerate(rows):
        for j, s in enumerate(columns):
            y[:, :, i, j] = padded[:, :, r : r + kernel, s : s + kernel].flatten(2).max(dim=2).values
    return y


def avg_pool(x, kernel, stride=None):
    stride = stride or kernel
    weight = torch.ones(x.shape[1], 1, kernel, kernel) / kernel**2
    return F.conv2d(x, weight, stride=stride, groups=x.shape[1])


# %% right="pooling: the maximum of shifted pictures"
def max_pool(x, kernel, stride=None, padding=0):
    if stride is None:
        stride = kernel
    x = F.pad(x, (padding,) * 4, value=-1e30)
    rows, columns = x.shape[2] - kernel + 1, x.shape[3] - kernel + 1
    moved = [x[:, :, i : i + rows, j : j + columns] for i in range(kernel) for j in range(kernel)]
    return torch.stack(moved).max(0).values[:, :, ::stride, ::stride]


def avg_pool(x, kernel, stride=None):
    if stride is None:
        stride = kernel
    rows, columns = x.shape[2] - kernel + 1, x.shape[3] - kernel + 1
    moved = [x[:, :, i : i + rows, j : j + columns] for i in range(kernel) for j in range(kernel)]
    return (sum(moved) / kernel**2)[:, :, ::stride, ::stride]


# %% wrong="pooling: pads with zeros"
def max_pool(x, kernel, stride=None, padding=0):
    stride = kernel if stride is None else stride
    return F.max_pool2d(F.pad(x, (padding,) * 4), kernel, stride)


def avg_pool(x, kernel, stride=None):
    return F.avg_pool2d(x, kernel, stride)


# %% wrong="pooling: stride 1 by default"
def max_pool(x, kernel, stride=1, padding=0):
    return F.max_pool2d(x, kernel, stride, padding)


def avg_pool(x, kernel, stride=1):
    return F.avg_pool2d(x, kernel, stride)


# %% wrong="pooling: also over the channels"
def max_pool(x, kernel, stride=None, padding=0):
    return F.max_pool2d(x, kernel, stride, padding).amax(dim=1, keepdim=True)


def avg_pool(x, kernel, stride=None):
    return F.avg_pool2d(x, kernel, stride)


# %% wrong="pooling: a sum instead of a mean"
def max_pool(x, kernel, stride=None, padding=0):
    return F.max_pool2d(x, kernel, stride, padding)


def avg_pool(x, kernel, stride=None):
    return F.avg_pool2d(x, kernel, stride) * kernel**2


# %% wrong="pooling: keeps windows that are not whole"
def max_pool(x, kernel, stride=None, padding=0):
    return F.max_pool2d(x, kernel, stride, padding, ceil_mode=True)


def avg_pool(x, kernel, stride=None):
    return F.avg_pool2d(x, kernel, stride, ceil_mode=True)


# %% [markdown]
# A dense layer at the end of a network needs a fixed number of inputs, so a network with fixed poolings takes pictures
# of *one* size only. **Adaptive** pooling turns this round: you say which size must come out, and it chooses the
# windows. In the extreme one number is left for each channel, its mean over all pixels (**global average pooling**).
#
# The library einops lets you write such things as you would explain them. `"b c (h 2) (w 2) -> b c h w"` says: the
# rows are pairs, the columns are pairs, and the pairs go away. `Reduce` and `Rearrange` are its layers for
# `nn.Sequential`. Reduce must also be told *how* the axes go away (`"mean"`, `"max"`, `"sum"`); Rearrange loses none.
#
# ### Exercise: down to a fixed size
# difficulty 2/5 · 10 minutes · cards: adaptive-pooling, global-average-pooling, einops-layers
#
# Fill the blanks. Write the patterns with the letters b, c, h and w.
#
# - `fixed`: max pooling to (rows, columns), whatever comes in;
# - `mean`: global average pooling, to (batch, channels);
# - `halve`: max pooling by 2 in both directions, *and* flattened to (batch, channels · rows · columns);
# - `flat`: flattened, nothing pooled.


# %% solution="make_poolings"
def make_poolings(rows: int, columns: int):
    """Four layers: fixed, mean, halve and flat."""
    from einops.layers.torch import Rearrange, Reduce  # ? einops.layers.torch | Rearrange, Reduce

    fixed = nn.AdaptiveMaxPool2d((rows, columns))  # ? AdaptiveMaxPool2d | (rows, columns)
    mean = Reduce("b c h w -> b c", "mean")  # ? "b c h w -> b c" | "mean"
    halve = Reduce("b c (h 2) (w 2) -> b (c h w)", "max")  # ? Reduce | "b c (h 2) (w 2) -> b (c h w)" | "max"
    flat = Rearrange("b c h w -> b (c h w)")  # ? Rearrange@1 | "b c h w -> b (c h w)"
    return fixed, mean, halve, flat


# %% tests="make_poolings" points=5
x = torch.arange(8.0).reshape(1, 2, 2, 2)
with checks.check("the mean of each channel", hint="which letters stay after the arrow?"):
    checks.close(make_poolings(1, 1)[1](x), [[1.5, 5.5]])
with checks.check("pool by two and flatten", hint="the largest of every two by two pixels"):
    checks.close(make_poolings(1, 1)[2](x), [[3.0, 7.0]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
x = rng.tensor(2, 3, 2 * rng.integer(4, 6), 10)
with checks.check("a fixed size from any size", hint="adaptive, and the largest number of each window"):

    def piece(size, n, k):
        return slice(k * size // n, -(-(k + 1) * size // n))

    for height in (x.shape[2], 7):
        part = x[:, :, :height]
        best = [[part[:, :, piece(height, 3, i), piece(10, 4, j)].amax((2, 3)) for j in range(4)] for i in range(3)]
        checks.close(make_poolings(3, 4)[0](part), torch.stack([torch.stack(row, dim=-1) for row in best], dim=-2))
with checks.check("mean and maximum of any stack", hint="mean over all pixels; max over pairs of rows and columns"):
    _, mean, halve, _ = make_poolings(3, 4)
    checks.close(mean(x), [[channel.mean() for channel in picture] for picture in x], atol=1e-6)
    checks.close(halve(x), F.max_pool2d(x, 2).flatten(1))
with checks.check("flattened in the usual order", hint="c h w in brackets make one axis"):
    checks.close(make_poolings(3, 4)[3](x), x.flatten(1))
### END HIDDEN TESTS


# %% right="make_poolings: named sizes, other letters"
from einops.layers.torch import Rearrange, Reduce


def make_poolings(rows, columns):
    fixed = nn.AdaptiveMaxPool2d(output_size=(rows, columns))
    mean = Reduce("batch channels height width -> batch channels", reduction="mean")
    halve = Reduce("b c (h h2) (w w2) -> b (c h w)", "max", h2=2, w2=2)
    flat = Rearrange("n ... -> n (...)")
    return fixed, mean, halve, flat


# %% right="make_poolings: PyTorch's own layers"
def make_poolings(rows, columns):
    mean = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
    halve = nn.Sequential(nn.MaxPool2d(2), nn.Flatten())
    return nn.AdaptiveMaxPool2d((rows, columns)), mean, halve, nn.Flatten()


# %% right="make_poolings: plain functions"
def make_poolings(rows, columns):
    from einops import rearrange, reduce

    return (
        lambda x: F.adaptive_max_pool2d(x, (rows, columns)),
        lambda x: reduce(x, "b c h w -> b c", "mean"),
        lambda x: reduce(x, "b c (h h2) (w w2) -> b (c h w)", "max", h2=2, w2=2),
        lambda x: rearrange(x, "b c h w -> b (c h w)"),
    )


# %% wrong="make_poolings: means instead of maxima"
from einops.layers.torch import Rearrange, Reduce


def make_poolings(rows, columns):
    fixed = nn.AdaptiveAvgPool2d((rows, columns))
    mean = Reduce("b c h w -> b c", "mean")
    halve = Reduce("b c (h 2) (w 2) -> b (c h w)", "max")
    flat = Rearrange("b c h w -> b (c h w)")
    return fixed, mean, halve, flat


# %% wrong="make_poolings: rows and columns the other way round"
from einops.layers.torch import Rearrange, Reduce


def make_poolings(rows, columns):
    fixed = nn.AdaptiveMaxPool2d((columns, rows))
    mean = Reduce("b c h w -> b c", "mean")
    halve = Reduce("b c (h 2) (w 2) -> b (c h w)", "max")
    flat = Rearrange("b c h w -> b (c h w)")
    return fixed, mean, halve, flat


# %% wrong="make_poolings: pairs that lie far apart"
from einops.layers.torch import Rearrange, Reduce


def make_poolings(rows, columns):
    fixed = nn.AdaptiveMaxPool2d((rows, columns))
    mean = Reduce("b c h w -> b c", "mean")
    halve = Reduce("b c (2 h) (2 w) -> b (c h w)", "max")
    flat = Rearrange("b c h w -> b (c h w)")
    return fixed, mean, halve, flat


# %% wrong="make_poolings: adds up instead of the mean"
from einops.layers.torch import Rearrange, Reduce


def make_poolings(rows, columns):
    fixed = nn.AdaptiveMaxPool2d((rows, columns))
    mean = Reduce("b c h w -> b c", "sum")
    halve = Reduce("b c (h 2) (w 2) -> b (c h w)", "max")
    flat = Rearrange("b c h w -> b (c h w)")
    return fixed, mean, halve, flat


# %% wrong="make_poolings: flattened with the channels last"
from einops.layers.torch import Rearrange, Reduce


def make_poolings(rows, columns):
    fixed = nn.AdaptiveMaxPool2d((rows, columns))
    mean = Reduce("b c h w -> b c", "mean")
    halve = Reduce("b c (h 2) (w 2) -> b (c h w)", "max")
    flat = Rearrange("b c h w -> b (h w c)")
    return fixed, mean, halve, flat


# %% [markdown]
# ## 6 · How far does it see?
#
# One pixel of the first map has seen 3 × 3 pixels of the picture. A pixel in the second map has seen 3 × 3 pixels of
# the first, so how much of the picture? That patch is its **receptive field**. We can watch it: ask for the gradient
# of one output pixel with respect to the picture. Where it is not zero, the picture was seen.


# %%
def footprint(*layers):
    """Which pixels of a 41 by 41 picture the middle of the result has seen."""
    x = torch.zeros(1, 1, 41, 41, requires_grad=True)
    y = nn.Sequential(*layers)(x)
    y[0, 0, y.shape[2] // 2, y.shape[3] // 2].backward()
    return x.grad[0, 0].abs()


conv, pool = nn.Conv2d(1, 1, 3), nn.AvgPool2d(2)
nn.init.ones_(conv.weight)
towers = {"one conv": [conv], "three convs": [conv] * 3, "conv, pool, conv, pool, conv": [conv, pool] * 2 + [conv]}
show([footprint(*layers) for layers in towers.values()], list(towers), size=2.5, signed=True)

# %% [markdown]
# The bright centre is no mistake: many ways lead from the middle of the patch to the output, and few from its corners.
#
# ### Exercise: sizes forwards and backwards
# difficulty 3/5 · 12 minutes · cards: receptive-field, size-backwards
#
# A network is a list of layers, each given as (kernel, stride, padding); convolutions and poolings count alike.
#
# - `receptive_field(layers)`: how many pixels one output has seen, along one side (edges of the picture aside). Keep
#   two numbers while you walk through the layers: the field so far, and the *jump*, which says how many pixels of the
#   picture lie between two neighbours in the present map.
# - `input_size(layers, wanted)`: the smallest side of a picture that comes out with side `wanted`.
#
# You know an example for the second: three 3 × 3 convolutions with padding 1 and two poolings by 2 before a dense
# layer that expects 28 × 28 features. Which pictures does that network take?
#
# hint: A kernel of 3 adds two more neighbours, and each of them is one jump away.
#
# hint: For sizes, walk backwards: `wanted` places of a kernel, `stride` apart, cover how many pixels? Some of them
# may be padding.


# %% solution="receptive_field"
def receptive_field(layers: list[tuple[int, int, int]]) -> int:
    """How many pixels along one side one output has seen."""
    ### BEGIN SOLUTION
    field, jump = 1, 1
    for kernel, stride, _ in layers:
        field += (kernel - 1) * jump
        jump *= stride
    return field
    ### END SOLUTION


def input_size(layers: list[tuple[int, int, int]], wanted: int) -> int:
    """The smallest side of a picture that comes out with side `wanted`."""
    ### BEGIN SOLUTION
    side = wanted
    for kernel, stride, padding in reversed(layers):
        side = (side - 1) * stride + kernel - 2 * padding
    return side
    ### END SOLUTION


# %% tests="receptive_field" points=4
def seen_by_one(layers):
    """The receptive field, found by pushing a gradient back through layers of ones."""
    x = torch.zeros(1, 1, 400, requires_grad=True)
    y = x
    for kernel, stride, _ in layers:
        y = F.conv1d(y, torch.ones(1, 1, kernel), stride=stride)
    y[0, 0, 3].backward()
    return int((x.grad != 0).sum())


def forwards(layers, side):
    """The side that comes out, found by counting places."""
    for kernel, stride, padding in layers:
        side = len(range(0, side + 2 * padding - kernel + 1, stride))
    return side


with checks.check("three small convolutions see as far as one of 7", hint="each adds two neighbours"):
    checks.close(receptive_field([(3, 1, 0)] * 3), 7)
with checks.check("from a dense layer of 28 by 28 back to the picture", hint="what does a pooling by 2 do backwards?"):
    checks.close(input_size([(3, 1, 1), (2, 2, 0), (3, 1, 1), (2, 2, 0), (3, 1, 1)], 28), 112)
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("the field of any layers", hint="a stride matters for the layers after it, not for its own kernel"):
    for _ in range(5):
        layers = [(rng.integer(3, 5), rng.integer(1, 3), rng.integer(0, 1)) for _ in range(3)]
        checks.close(receptive_field([*layers]), seen_by_one(layers))
    layers = [(5, 2, 1), (3, 3, 0), (4, 2, 1)]
    checks.close(receptive_field([*layers]), seen_by_one(layers))
with checks.check("the smallest picture for any layers", hint="padding is on both sides; start from the last layer"):
    for _ in range(4):
        layers = [(rng.integer(4, 6), rng.integer(1, 3), rng.integer(0, 1)) for _ in range(3)]
        wanted = rng.integer(3, 9)
        checks.close(input_size([*layers], wanted), next(n for n in range(900) if forwards(layers, n) == wanted))
    layers = [(5, 3, 1), (6, 2, 2), (4, 1, 1)]
    checks.close(input_size([*layers], 6), next(n for n in range(900) if forwards(layers, n) == 6))
### END HIDDEN TESTS


# %% right="receptive_field: backwards, and by search"
def receptive_field(layers):
    field = 1
    for kernel, stride, _ in layers[::-1]:
        field = (field - 1) * stride + kernel
    return field


def input_size(layers, wanted):
    side = 1
    while True:
        n = side
        for kernel, stride, padding in layers:
            n = max((n + 2 * padding - kernel) // stride + 1, 0)
        if n == wanted:
            return side
        side += 1


# %% right="receptive_field: products of strides, and recursion"
def receptive_field(layers):
    total, jumps = 1, [1]
    for kernel, stride, _ in layers:
        total += jumps[-1] * (kernel - 1)
        jumps.append(jumps[-1] * stride)
    return torch.tensor(total)


def input_size(layers, wanted):
    if not layers:
        return wanted
    *before, (kernel, stride, padding) = layers
    return input_size(before, stride * (wanted - 1) + kernel - 2 * padding)


# %% right="receptive_field: takes the list apart"
def receptive_field(layers):
    field = 1
    while layers:
        kernel, stride, _ = layers.pop()
        field = (field - 1) * stride + kernel
    return field


def input_size(layers, wanted):
    while layers:
        kernel, stride, padding = layers.pop()
        wanted = (wanted - 1) * stride + kernel - 2 * padding
    return wanted


# %% wrong="receptive_field: the jump grows before it is used"
def receptive_field(layers):
    field, jump = 1, 1
    for kernel, stride, _ in layers:
        jump *= stride
        field += (kernel - 1) * jump
    return field


def input_size(layers, wanted):
    for kernel, stride, padding in reversed(layers):
        wanted = (wanted - 1) * stride + kernel - 2 * padding
    return wanted


# %% wrong="receptive_field: ignores the strides"
def receptive_field(layers):
    return 1 + sum(kernel - 1 for kernel, _, _ in layers)


def input_size(layers, wanted):
    for kernel, stride, padding in reversed(layers):
        wanted = (wanted - 1) * stride + kernel - 2 * padding
    return wanted


# %% wrong="receptive_field: strides add up"
def receptive_field(layers):
    field, jump = 1, 1
    for kernel, stride, _ in layers:
        field += (kernel - 1) * jump
        jump += stride - 1
    return field


def input_size(layers, wanted):
    for kernel, stride, padding in reversed(layers):
        wanted = (wanted - 1) * stride + kernel - 2 * padding
    return wanted


# %% wrong="receptive_field: the size by multiplying alone"
def receptive_field(layers):
    field, jump = 1, 1
    for kernel, stride, _ in layers:
        field += (kernel - 1) * jump
        jump *= stride
    return field


def input_size(layers, wanted):
    for _, stride, _ in layers:
        wanted *= stride
    return wanted


# %% wrong="receptive_field: the size in the wrong direction"
def receptive_field(layers):
    field, jump = 1, 1
    for kernel, stride, _ in layers:
        field += (kernel - 1) * jump
        jump *= stride
    return field


def input_size(layers, wanted):
    for kernel, stride, padding in layers:
        wanted = (wanted - 1) * stride + kernel - 2 * padding
    return wanted


# %% [markdown]
# Three convolutions of 3 × 3 see as far as one of 7 × 7, with 27 weights a channel pair instead of 49, and with two
# more activations in between. That is why large kernels went out of fashion.
#
# ## 7 · And larger again
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
# hint: For one pixel, `torch.einsum("bc,cokl->bokl", x[:, :, i, j], kernels)` are the stamps of all output channels.


# %% solution="conv_transpose2d"
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


# %% tests="conv_transpose2d" points=5
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
    for pictures, stride, padding in ((x, 2, 1), (x.transpose(2, 3), 3, 1)):
        got = conv_transpose2d(pictures, k, stride, padding)
        checks.close(got, F.conv_transpose2d(pictures, k, stride=stride, padding=padding), rtol=1e-4, atol=1e-5)
with checks.check("it is the transpose of the convolution", hint="both must have the same kernels, in the same places"):
    y, z = rng.tensor(1, 2, 8, 11), rng.tensor(1, 3, 4, 6)
    there_and_back = (conv_transpose2d(z, k, 2, 1) * y).sum()
    checks.close(there_and_back, (z * F.conv2d(y, k, stride=2, padding=1)).sum(), rtol=1e-3, atol=1e-3)
### END HIDDEN TESTS


# %% right="conv_transpose2d: spread the pixels, turn the kernel, convolve"
def conv_transpose2d(x, kernels, stride=1, padding=0):
    n, c, height, width = x.shape
    kh, kw = kernels.shape[2:]
    spread = torch.zeros(n, c, (height - 1) * stride + 1, (width - 1) * stride + 1)
    spread[:, :, ::stride, ::stride] = x
    y = F.conv2d(F.pad(spread, (kw - 1, kw - 1, kh - 1, kh - 1)), kernels.flip(2, 3).transpose(0, 1))
    return y[:, :, padding : y.shape[2] - padding, padding : y.shape[3] - padding]


# %% right="conv_transpose2d: columns and fold"
def conv_transpose2d(x, kernels, stride=1, padding=0):
    height, width = x.shape[2:]
    kh, kw = kernels.shape[2:]
    size = ((height - 1) * stride + kh - 2 * padding, (width - 1) * stride + kw - 2 * padding)
    columns = kernels.flatten(1).T @ x.flatten(2)
    return F.fold(columns, size, (kh, kw), padding=padding, stride=stride)


# %% right="conv_transpose2d: the gradient of a convolution"
def conv_transpose2d(x, kernels, stride=1, padding=0):
    h, w = ((s - 1) * stride + k - 2 * padding for s, k in zip(x.shape[2:], kernels.shape[2:], strict=True))
    return torch.nn.grad.conv2d_input((len(x), kernels.shape[1], h, w), kernels, x, stride, padding)


# %% wrong="conv_transpose2d: later stamps overwrite earlier ones"
def conv_transpose2d(x, kernels, stride=1, padding=0):
    height, width = x.shape[2:]
    out, kh, kw = kernels.shape[1:]
    rows, columns = (height - 1) * stride + kh, (width - 1) * stride + kw
    canvas = x.new_zeros(len(x), out, rows, columns)
    for i in range(height):
        for j in range(width):
            stamp = torch.einsum("bc,cokl->bokl", x[:, :, i, j], kernels)
            canvas[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] = stamp
    return canvas[:, :, padding : rows - padding, padding : columns - padding]


# %% wrong="conv_transpose2d: forgets to cut"
def conv_transpose2d(x, kernels, stride=1, padding=0):
    return F.conv_transpose2d(x, kernels, stride=stride)


# %% wrong="conv_transpose2d: stamps are not moved by the stride"
def conv_transpose2d(x, kernels, stride=1, padding=0):
    return F.conv_transpose2d(x, kernels, padding=padding)


# %% wrong="conv_transpose2d: cuts only the left and the top"
def conv_transpose2d(x, kernels, stride=1, padding=0):
    return F.conv_transpose2d(x, kernels, stride=stride)[:, :, padding:, padding:]


# %% wrong="conv_transpose2d: stamps that are turned round"
def conv_transpose2d(x, kernels, stride=1, padding=0):
    return F.conv_transpose2d(x, kernels.flip(2, 3), stride=stride, padding=padding)


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
# by n, and for the moving average it divides by n − 1, where n is batch · height · width.
#
# ### Exercise: batch norm
# difficulty 4/5 · 15 minutes · cards: batch-norm-axes, batch-norm-modes, batch-norm-buffers
#
# Write the layer. The moving averages belong to the model, and are saved with it, but no gradient changes them: make
# them *buffers*, by `self.register_buffer("running_mean", tensor)`, and `running_var` likewise. All four, `weight`,
# `bias` and the averages, have the shape (channels,). `self.training` says in which mode the layer is.
#
# hint: `x.mean(dim=(0, 2, 3))` has one number a channel. To calculate with x, it needs the shape (1, channels, 1, 1).
#
# hint: The moving averages must not become part of the graph: update them with `torch.no_grad()`, or from
# `mean.detach()`.


# %% solution="BatchNorm"
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


# %% tests="BatchNorm" points=6
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
with checks.check("two pixels of one channel", hint="take away the mean, divide by the root of the variance"):
    pair = torch.tensor([[[[1.0]]], [[[3.0]]]])
    checks.close(checks.there(life, BatchNorm, [pair], pair, one, nothing, eps=3.0)[0][0], [[[[-0.5]]], [[[0.5]]]])
with checks.check(
    "averages begin at 0 and 1, and move a tenth of the way",
    hint="after one batch: 0.9 old, 0.1 new; which variance goes in?",
):
    _, _, saved, fresh, _ = checks.there(life, BatchNorm, [pair], pair, one, nothing)
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
    outputs, used, saved, fresh, learnt = checks.there(life, BatchNorm, batches, picture, weight, bias, **options)
    for got, expected in zip(outputs, right[0], strict=True):
        checks.close(got, expected, rtol=1e-3, atol=1e-4)
    checks.equal(learnt, ["bias", "weight"])
with checks.check("the moving averages afterwards", hint="momentum belongs to the new value; n - 1 for the variance"):
    checks.close(saved[2], right[2][2], rtol=1e-4, atol=1e-5)
    checks.close(saved[3], right[2][3], rtol=1e-4, atol=1e-5)
with checks.check("one picture in evaluation mode, twice", hint="evaluation uses the averages, and leaves them alone"):
    for got, expected in zip(used, right[1], strict=True):
        checks.close(got, expected, rtol=1e-3, atol=1e-4)
with checks.check("gradients flow through mean and variance; eps is small", hint="detach nothing but the averages"):
    x, y = rng.tensor(3, channels, 2, 2) * 0.01, rng.tensor(3, channels, 2, 2)
    expected, _ = slopes(nn.BatchNorm2d, x, y)
    found, watched = checks.there(slopes, BatchNorm, x, y)
    checks.equal(watched, False)
    for got, slope in zip(found, expected, strict=True):
        checks.close(got, slope, rtol=1e-2, atol=1e-3 * float(slope.abs().max()))
### END HIDDEN TESTS


# %% equivalent="BatchNorm: a mean over three axes is the same in any order of them"
# - axes = (0, 2, 3)
# + axes = (2, 0, 3)


# %% right="BatchNorm: keepdim, and the correction by hand"
class BatchNorm(nn.Module):
    def __init__(self, channels, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x):
        if self.training:
            mean = x.mean((0, 2, 3), keepdim=True)
            var = ((x - mean) ** 2).mean((0, 2, 3), keepdim=True)
            n = x.numel() / x.shape[1]
            m = self.momentum
            self.running_mean = (1 - m) * self.running_mean + m * mean.detach().flatten()
            self.running_var = (1 - m) * self.running_var + m * var.detach().flatten() * n / (n - 1)
        else:
            mean, var = self.running_mean.view(1, -1, 1, 1), self.running_var.view(1, -1, 1, 1)
        y = (x - mean) / torch.sqrt(var + self.eps)
        return y * self.weight.view(1, -1, 1, 1) + self.bias.view(1, -1, 1, 1)


# %% right="BatchNorm: the functional one"
class BatchNorm(nn.Module):
    def __init__(self, channels, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x):
        return F.batch_norm(
            x, self.running_mean, self.running_var, self.weight, self.bias, self.training, self.momentum, self.eps
        )


# %% right="BatchNorm: the built-in one, inherited"
class BatchNorm(nn.BatchNorm2d):
    pass


# %% right="BatchNorm: channels as rows, averages by .data"
class BatchNorm(nn.Module):
    def __init__(self, channels, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight, self.bias = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x):
        rows = x.transpose(0, 1).flatten(1)
        m, v = self.running_mean, self.running_var
        if self.training:
            m, v = rows.mean(1), rows.var(1, unbiased=False)
            a = self.momentum
            self.running_mean.data = (1 - a) * self.running_mean + a * m.data
            self.running_var.data = (1 - a) * self.running_var + a * rows.data.var(1)
        rows = (rows - m[:, None]) / (v[:, None] + self.eps) ** 0.5 * self.weight[:, None] + self.bias[:, None]
        return rows.reshape(x.shape[1], x.shape[0], *x.shape[2:]).transpose(0, 1)


# %% wrong="BatchNorm: the batch's own numbers in evaluation too"
class BatchNorm(nn.Module):
    def __init__(self, channels, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x):
        return F.batch_norm(
            x, self.running_mean, self.running_var, self.weight, self.bias, True, self.momentum, self.eps
        )


# %% wrong="BatchNorm: momentum the wrong way round"
class BatchNorm(nn.Module):
    def __init__(self, channels, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x):
        return F.batch_norm(
            x, self.running_mean, self.running_var, self.weight, self.bias, self.training, 1 - self.momentum, self.eps
        )


# %% wrong="BatchNorm: the same variance for both"
class BatchNorm(nn.Module):
    def __init__(self, channels, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x):
        mean, var = self.running_mean, self.running_var
        if self.training:
            mean, var = x.mean(dim=(0, 2, 3)), x.var(dim=(0, 2, 3), correction=0)
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(var, self.momentum)
        scale = self.weight / (var + self.eps).sqrt()
        return (x - mean[:, None, None]) * scale[:, None, None] + self.bias[:, None, None]


# %% wrong="BatchNorm: averages as parameters"
class BatchNorm(nn.Module):
    def __init__(self, channels, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.running_mean = nn.Parameter(torch.zeros(channels))
        self.running_var = nn.Parameter(torch.ones(channels))

    def forward(self, x):
        return F.batch_norm(
            x,
            self.running_mean.data,
            self.running_var.data,
            self.weight,
            self.bias,
            self.training,
            self.momentum,
            self.eps,
        )


# %% wrong="BatchNorm: one mean for each picture"
class BatchNorm(nn.Module):
    def __init__(self, channels, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x):
        y = F.instance_norm(x, eps=self.eps)
        if self.training:
            with torch.no_grad():
                self.running_mean.lerp_(x.mean(dim=(0, 2, 3)), self.momentum)
                self.running_var.lerp_(x.var(dim=(0, 2, 3)), self.momentum)
        return y * self.weight[:, None, None] + self.bias[:, None, None]


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
# network stops in front of `flatten` and lets you look around. Python's built-in `breakpoint()` does that. At its
# prompt you can print `x.shape`, go on by `c` or leave by `q`.


# %% solution="LeNet"
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


# %% tests="LeNet" points=5
def studied(net_class, x, look):
    """The network's parameters, all made random, its scores, and the shapes of x where it stopped to be looked at."""
    import sys

    import torch

    stops, before = [], sys.breakpointhook
    sys.breakpointhook = lambda *_, **__: stops.append(tuple(sys._getframe(1).f_locals["x"].shape))
    try:
        net = net_class(look)
        with torch.no_grad():
            for p in net.parameters():
                p.copy_(torch.randn(p.shape) / max(p[0].numel(), 9) ** 0.5)
            return {name: p.clone() for name, p in net.named_parameters()}, net(x), stops
    finally:
        sys.breakpointhook = before


def by_hand(p, x):
    """The same scores from torch's functions and the parameters p."""
    for k, padding in (("1", 2), ("2", 0)):
        x = F.max_pool2d(F.conv2d(x, p[f"conv{k}.weight"], p[f"conv{k}.bias"], padding=padding).clamp(0), 2)
    x = x.flatten(1)
    for k in "12":
        x = F.linear(x, p[f"fc{k}.weight"], p[f"fc{k}.bias"]).clamp(0)
    return F.linear(x, p["fc3.weight"], p["fc3.bias"])


with checks.check("ten scores for each picture", hint="compare each layer's sizes with the drawing"):
    checks.shape(checks.there(studied, LeNet, torch.rand(3, 1, 28, 28), False)[1], 3, 10)
with checks.check("61,706 parameters", hint="which layer has too many or too few? print p.shape for each"):
    weights = checks.there(studied, LeNet, torch.rand(3, 1, 28, 28), False)[0]
    checks.equal(sum(p.numel() for p in weights.values()), 61706)
### BEGIN HIDDEN TESTS
rng = checks.rng()
x = rng.tensor(4, 1, 28, 28)
with checks.check("the right weights in the right places", hint="follow the drawing, arrow by arrow", points=2):
    weights, scores, _ = checks.there(studied, LeNet, x, False)
    checks.close(scores, by_hand(weights, x), rtol=1e-3, atol=1e-4)
with checks.check("it stops only when it should, before flatten", hint="look=False must not stop anybody"):
    checks.equal(checks.there(studied, LeNet, x, True)[2], [(4, 16, 5, 5)])
    checks.true(checks.there(studied, LeNet, x, False)[2] == [], "it stopped although look was False")
### END HIDDEN TESTS


# %% right="LeNet: functional pooling, reshape"
class LeNet(nn.Module):
    def __init__(self, look=False):
        nn.Module.__init__(self)
        self.look = look
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5, 1, 2), nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.fc3 = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(torch.relu(self.conv1(x)), 2)
        x = F.max_pool2d(torch.relu(self.conv2(x)), 2)
        if self.look:
            breakpoint()
        x = x.reshape(x.shape[0], -1)
        return self.fc3(torch.relu(self.fc2(torch.relu(self.fc1(x)))))


# %% right="LeNet: pooling before the ReLU"
class LeNet(nn.Module):
    def __init__(self, look=False):
        super().__init__()
        self.look = look
        self.conv1 = nn.Conv2d(1, 6, kernel_size=5, padding="same")
        self.conv2 = nn.Conv2d(6, 16, kernel_size=5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        for layer in (self.conv1, self.conv2):
            x = layer(x)
            x = F.relu(F.max_pool2d(x, 2))
        if self.look:
            breakpoint()
        x = torch.flatten(x, start_dim=1)
        for layer in (self.fc1, self.fc2):
            x = layer(x).clamp(min=0)
        return self.fc3(x)


# %% wrong="LeNet: a ReLU on the scores"
class LeNet(nn.Module):
    def __init__(self, look=False):
        super().__init__()
        self.look = look
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5, padding=2), nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.fc3 = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        if self.look:
            breakpoint()
        return F.relu(self.fc3(F.relu(self.fc2(F.relu(self.fc1(x.flatten(1)))))))


# %% wrong="LeNet: average pooling"
class LeNet(nn.Module):
    def __init__(self, look=False):
        super().__init__()
        self.look = look
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5, padding=2), nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.fc3 = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)

    def forward(self, x):
        x = F.avg_pool2d(F.relu(self.conv1(x)), 2)
        x = F.avg_pool2d(F.relu(self.conv2(x)), 2)
        if self.look:
            breakpoint()
        return self.fc3(F.relu(self.fc2(F.relu(self.fc1(x.flatten(1))))))


# %% wrong="LeNet: no padding, so the dense layer is smaller"
class LeNet(nn.Module):
    def __init__(self, look=False):
        super().__init__()
        self.look = look
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5), nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.fc3 = nn.Linear(256, 120), nn.Linear(120, 84), nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        if self.look:
            breakpoint()
        return self.fc3(F.relu(self.fc2(F.relu(self.fc1(x.flatten(1))))))


# %% wrong="LeNet: always stops"
class LeNet(nn.Module):
    def __init__(self, look=False):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5, padding=2), nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.fc3 = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        breakpoint()
        return self.fc3(F.relu(self.fc2(F.relu(self.fc1(x.flatten(1))))))


# %% wrong="LeNet: forgets the second activation"
class LeNet(nn.Module):
    def __init__(self, look=False):
        super().__init__()
        self.look = look
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5, padding=2), nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.fc3 = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(self.conv2(x), 2)
        if self.look:
            breakpoint()
        return self.fc3(F.relu(self.fc2(F.relu(self.fc1(x.flatten(1))))))


# %% [markdown]
# Most networks are a plain row of layers, and for these nobody needs to write a class: `nn.Sequential` runs one layer
# after the other. Its layers can have names, which makes print-outs and saved weights readable. There are two ways to
# give them: `net.add_module(name, layer)`, one at a time, or an `OrderedDict` of (name, layer) pairs, all at once.
#
# Two tricks go with it. Classes can have short names (`conv = nn.Conv2d`), so that a long network is quick to read. And
# a step that is only a function, like a change of shape, can be wrapped up as a layer.
#
# ### Exercise: a network with named layers
# difficulty 2/5 · 12 minutes · cards: add-module, ordered-dict, lambda-layer, layer-shorthand
#
# Fill the blanks. Both functions make the same network, once in each way. It takes rows of 784 pixels, as old data
# files have them, and halves the map by a stride instead of a pooling layer:
#
# `shape` (to pictures of one channel, 28 × 28), `conv1` (8 kernels of 3 × 3, stride 2, padding 1), `relu1`,
# `conv2` (16 kernels, same options), `relu2`, `pool` (average over windows of 7), `flat`, `dense` (10 scores).


# %% solution="Lambda"
conv, pool, linear = nn.Conv2d, nn.AvgPool2d, nn.Linear  # ? nn.Conv2d | nn.AvgPool2d | nn.Linear


class Lambda(nn.Module):
    """A layer that calls a function."""

    def __init__(self, function):
        super().__init__()
        self.function = function  # ? function@2

    def forward(self, x):
        return self.function(x)  # ? self.function(x)


def one_by_one() -> nn.Sequential:
    """The network, layers added one at a time."""
    net = nn.Sequential()  # ? nn.Sequential()
    net.add_module("shape", Lambda(lambda x: x.view(-1, 1, 28, 28)))  # ? Lambda | -1, 1, 28, 28
    net.add_module("conv1", conv(1, 8, 3, stride=2, padding=1))  # ? add_module | "conv1" | stride=2
    net.add_module("relu1", nn.ReLU())  # ? nn.ReLU()
    net.add_module("conv2", conv(8, 16, 3, stride=2, padding=1))  # ? 8 | 16
    net.add_module("relu2", nn.ReLU())  # ? "relu2"
    net.add_module("pool", pool(7))  # ? pool(7)
    net.add_module("flat", nn.Flatten())  # ? nn.Flatten()
    net.add_module("dense", linear(16, 10))  # ? linear(16, 10)
    return net


def all_at_once() -> nn.Sequential:
    """The same network from an ordered dictionary."""
    first = [("shape", Lambda(lambda x: x.view(-1, 1, 28, 28))), ("conv1", conv(1, 8, 3, stride=2, padding=1))]
    middle = [("relu1", nn.ReLU()), ("conv2", conv(8, 16, 3, stride=2, padding=1)), ("relu2", nn.ReLU())]  # ? "conv2"
    last = [("pool", pool(7)), ("flat", nn.Flatten()), ("dense", linear(16, 10))]  # ? "pool" | "dense"
    return nn.Sequential(OrderedDict(first + middle + last))  # ? nn.Sequential | OrderedDict


# %% tests="Lambda" points=5
def looked_at(build, rows):
    """The names of the layers, the parameters (made random) and the scores of a network."""
    import torch

    net = build()
    with torch.no_grad():
        for p in net.parameters():
            p.copy_(torch.randn(p.shape) / 3)
        names = [name for name, _ in net.named_children()]
        return names, {name: p.clone() for name, p in net.named_parameters()}, net(rows)


def scores_by_hand(p, rows):
    """The same scores from torch's functions and the parameters p."""
    x = rows.reshape(-1, 1, 28, 28)
    for k in "12":
        x = F.conv2d(x, p[f"conv{k}.weight"], p[f"conv{k}.bias"], stride=2, padding=1).clamp(0)
    return F.linear(x.mean(dim=(2, 3)), p["dense.weight"], p["dense.bias"])


names = ["shape", "conv1", "relu1", "conv2", "relu2", "pool", "flat", "dense"]
with checks.check("a layer from a function", hint="keep the function, and call it in forward"):
    checks.close(Lambda(lambda x: x * 2 + 1)(torch.tensor([1.0, 2.0])), [3.0, 5.0])
with checks.check("the names, one by one and all at once", hint="first the name, then the layer"):
    for build in (one_by_one, all_at_once):
        checks.equal(checks.there(looked_at, build, torch.rand(2, 784))[0], names)
### BEGIN HIDDEN TESTS
rng = checks.rng()
rows, shapes = rng.tensor(5, 784), [(8, 1, 3, 3), (16, 8, 3, 3), (10, 16)]
with checks.check(
    "the short names are those of PyTorch's layers", hint="conv for pictures, average pooling, a dense layer"
):
    checks.close(pool(2)(torch.arange(4.0).reshape(1, 2, 2)), [[[1.5]]])
    checks.shape(conv(2, 3, 4).weight, 3, 2, 4, 4)
    checks.shape(linear(2, 3).weight, 3, 2)
with checks.check("scores of the first network", hint="compare options and sizes with the list"):
    _, p, scores = checks.there(looked_at, one_by_one, rows)
    checks.equal([tuple(p[f"{name}.weight"].shape) for name in ("conv1", "conv2", "dense")], shapes)
    checks.close(scores, scores_by_hand(p, rows), rtol=1e-3, atol=1e-4)
with checks.check("scores of the second network", hint="it should be the same network"):
    _, p, scores = checks.there(looked_at, all_at_once, rows)
    checks.equal([tuple(p[f"{name}.weight"].shape) for name in ("conv1", "conv2", "dense")], shapes)
    checks.close(scores, scores_by_hand(p, rows), rtol=1e-3, atol=1e-4)
### END HIDDEN TESTS


# %% right="Lambda: Unflatten and a loop"
conv, pool, linear = nn.Conv2d, nn.AvgPool2d, nn.Linear


class Lambda(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.f = function

    def forward(self, *args):
        return self.f(*args)


def layers():
    yield "shape", nn.Unflatten(1, (1, 28, 28))
    yield "conv1", conv(1, 8, (3, 3), (2, 2), (1, 1))
    yield "relu1", nn.ReLU(inplace=True)
    yield "conv2", conv(8, 16, (3, 3), (2, 2), (1, 1))
    yield "relu2", nn.ReLU(inplace=True)
    yield "pool", pool(7)
    yield "flat", nn.Flatten()
    yield "dense", linear(16, 10)


def one_by_one():
    net = nn.Sequential()
    for name, layer in layers():
        net.add_module(name, layer)
    return net


def all_at_once():
    return nn.Sequential(OrderedDict(layers()))


# %% right="Lambda: register_module, reshape, one from the other"
conv = torch.nn.Conv2d
pool = torch.nn.AvgPool2d
linear = torch.nn.Linear


class Lambda(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function.__call__(x)


def all_at_once():
    parts = OrderedDict()
    parts["shape"] = Lambda(lambda x: x.reshape(x.shape[0], 1, 28, 28))
    parts["conv1"] = conv(1, 8, 3, stride=2, padding=1)
    parts["relu1"] = Lambda(F.relu)
    parts["conv2"] = conv(8, 16, 3, stride=2, padding=1)
    parts["relu2"] = Lambda(torch.relu)
    parts["pool"] = nn.AdaptiveAvgPool2d(1)
    parts["flat"] = Lambda(lambda x: x.flatten(1))
    parts["dense"] = linear(16, 10)
    return nn.Sequential(parts)


def one_by_one():
    net = nn.Sequential()
    for name, layer in all_at_once().named_children():
        net.register_module(name, layer)
    return net


# %% wrong="Lambda: layers without names"
conv, pool, linear = nn.Conv2d, nn.AvgPool2d, nn.Linear


class Lambda(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def one_by_one():
    return nn.Sequential(
        Lambda(lambda x: x.view(-1, 1, 28, 28)),
        conv(1, 8, 3, stride=2, padding=1),
        nn.ReLU(),
        conv(8, 16, 3, stride=2, padding=1),
        nn.ReLU(),
        pool(7),
        nn.Flatten(),
        linear(16, 10),
    )


all_at_once = one_by_one


# %% wrong="Lambda: max pooling"
conv, pool, linear = nn.Conv2d, nn.MaxPool2d, nn.Linear


class Lambda(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def layers():
    first = [("shape", Lambda(lambda x: x.view(-1, 1, 28, 28))), ("conv1", conv(1, 8, 3, stride=2, padding=1))]
    middle = [("relu1", nn.ReLU()), ("conv2", conv(8, 16, 3, stride=2, padding=1)), ("relu2", nn.ReLU())]
    return OrderedDict([*first, *middle, ("pool", pool(7)), ("flat", nn.Flatten()), ("dense", linear(16, 10))])


def one_by_one():
    return nn.Sequential(layers())


def all_at_once():
    return nn.Sequential(layers())


# %% wrong="Lambda: gives the function back instead of calling it"
conv, pool, linear = nn.Conv2d, nn.AvgPool2d, nn.Linear


class Lambda(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function


def layers():
    first = [("shape", nn.Unflatten(1, (1, 28, 28))), ("conv1", conv(1, 8, 3, stride=2, padding=1))]
    middle = [("relu1", nn.ReLU()), ("conv2", conv(8, 16, 3, stride=2, padding=1)), ("relu2", nn.ReLU())]
    return OrderedDict([*first, *middle, ("pool", pool(7)), ("flat", nn.Flatten()), ("dense", linear(16, 10))])


def one_by_one():
    return nn.Sequential(layers())


def all_at_once():
    return nn.Sequential(layers())


# %% wrong="Lambda: forgets the stride of the second convolution"
conv, pool, linear = nn.Conv2d, nn.AvgPool2d, nn.Linear


class Lambda(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def layers():
    first = [("shape", nn.Unflatten(1, (1, 28, 28))), ("conv1", conv(1, 8, 3, stride=2, padding=1))]
    middle = [("relu1", nn.ReLU()), ("conv2", conv(8, 16, 3, padding=1)), ("relu2", nn.ReLU())]
    return OrderedDict([*first, *middle, ("pool", pool(14)), ("flat", nn.Flatten()), ("dense", linear(16, 10))])


def one_by_one():
    return nn.Sequential(layers())


def all_at_once():
    return nn.Sequential(layers())


# %% wrong="Lambda: the second network has no activations"
conv, pool, linear = nn.Conv2d, nn.AvgPool2d, nn.Linear


class Lambda(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def layers(activation):
    first = [("shape", nn.Unflatten(1, (1, 28, 28))), ("conv1", conv(1, 8, 3, stride=2, padding=1))]
    middle = [("relu1", activation()), ("conv2", conv(8, 16, 3, stride=2, padding=1)), ("relu2", activation())]
    return OrderedDict([*first, *middle, ("pool", pool(7)), ("flat", nn.Flatten()), ("dense", linear(16, 10))])


def one_by_one():
    return nn.Sequential(layers(nn.ReLU))


def all_at_once():
    return nn.Sequential(layers(nn.Identity))


# %% [markdown]
# Now train. The loop below is the usual one. We compare four networks on the 5,000 digits that come with this course:
# one linear layer, a dense network with one hidden layer, your LeNet, and a small network of four convolutions with
# stride 2, each followed by batch norm, that ends with global average pooling.

# %% setup
digits = data.digits()
train_x, train_y = digits.train_x[:, None], digits.train_y  # one channel: (4000, 1, 28, 28)
valid_x, valid_y = digits.valid_x[:, None], digits.valid_y
reached: dict[str, float] = {}  # how well each network does, for the table at the end


def accuracy(net, x, y):
    """The share of pictures that the network, in evaluation mode, gets right."""
    net.eval()
    with torch.no_grad():
        return float((net(x).argmax(dim=1) == y).float().mean())


def fit(net, epochs, lr=0.005):
    """Trains on the digits with Adam and a one-cycle schedule; returns the accuracy on the validation pictures."""
    opt = torch.optim.Adam(net.parameters(), lr)
    schedule = torch.optim.lr_scheduler.OneCycleLR(opt, lr, total_steps=epochs * 63)
    for _ in range(epochs):
        net.train()
        for places in torch.randperm(len(train_x)).split(64):
            loss = F.cross_entropy(net(train_x[places]), train_y[places])
            opt.zero_grad()
            loss.backward()
            opt.step()
            schedule.step()
    return accuracy(net, valid_x, valid_y)


def block(inputs, outputs, kernel=3):
    """A convolution with stride 2, batch norm and ReLU."""
    layer = nn.Conv2d(inputs, outputs, kernel, stride=2, padding=kernel // 2)
    return nn.Sequential(layer, nn.BatchNorm2d(outputs), nn.ReLU())


# %%
torch.manual_seed(0)
ends = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10)]
nets = {
    "one linear layer": nn.Sequential(nn.Flatten(), nn.Linear(784, 10)),
    "dense, one hidden layer": nn.Sequential(nn.Flatten(), nn.Linear(784, 100), nn.ReLU(), nn.Linear(100, 10)),
    "LeNet": LeNet(),
    "four convs, batch norm": nn.Sequential(block(1, 8, 5), block(8, 16), block(16, 32), block(32, 64), *ends),
}
for name, net in nets.items():
    reached[name] = fit(net, device.budget(10), lr=0.02 if "norm" in name else 0.005)
    print(f"{name:25}{sum(p.numel() for p in net.parameters()):8,} weights   {reached[name]:.1%}")

# %% [markdown]
# Fewer weights, and better. What has LeNet learnt? Its first six kernels, and what each of them finds in one picture:
# the **feature maps**. A *hook* is a function that a layer calls with its output, so we need not change the network.

# %%
maps = []
hook = nets["LeNet"].conv1.register_forward_hook(lambda layer, inputs, output: maps.append(output.detach()))
nets["LeNet"](valid_x[:1])
hook.remove()
show([*nets["LeNet"].conv1.weight.detach()[:, 0]], [f"kernel {k}" for k in range(6)], 1.5, signed=True)
show([valid_x[0, 0], *maps[0][0]], ["picture", *(f"map {k}" for k in range(6))], 1.5, signed=True)

# %% [markdown]
# Nobody told the network to look for strokes of different directions. In networks that are trained on photographs the
# first kernels become edges, stripes (much like the *Gabor filters* that people once designed by hand) and patches of
# colour.
#
# A convolution does not care where things are. Shift the picture, and its map shifts along: it is **equivariant** to
# shifts. (Pooling at the end then makes the answer nearly *invariant*: the same, wherever the digit is.) A dense layer
# knows nothing of the kind. Let us shift the validation pictures to the right and see. **Predict** who suffers most.

# %%
pixels = list(range(6))
for name, net in nets.items():
    plt.plot(pixels, [accuracy(net, valid_x.roll(k, dims=3), valid_y) for k in pixels], label=name)
plt.xlabel("shifted to the right by so many pixels")
plt.ylabel("accuracy")
plt.legend(fontsize=8)
plt.tight_layout()

# %% [markdown]
# Better, and far from perfect. Strides keep only every second place, edges are padded, and LeNet's dense layers want
# each feature in its place. What helps is to *show* shifted pictures while training: augmentation.
#
# ## 10 · Real photographs
#
# Photographs come in files, in all sizes, in colour. Before they can go into a network, they need a **pipeline** of
# transforms. For training it adds some chance: another part of the picture, mirrored or not. The network sees a
# slightly different picture in every epoch and cannot learn it by heart. For validation there is no chance at all.

# %%
torch.manual_seed(3)
cut, mirror = transforms.RandomResizedCrop(150, scale=(0.3, 1.0)), transforms.RandomHorizontalFlip()
figure, axes = plt.subplots(1, 5, figsize=(10, 2.4))
for axis, picture in zip(axes, [photo, *(mirror(cut(photo)) for _ in range(4))], strict=True):
    axis.imshow(picture)
    axis.set_axis_off()
figure.tight_layout()

# %% [markdown]
# The last two steps of each pipeline are always the same. `ToTensor` turns a picture (bytes, height × width ×
# channels) into a tensor (floats from 0 to 1, channels × height × width). `Normalize(mean, std)` takes from each
# *channel* its mean and divides by its standard deviation. It needs a tensor, so it comes second. Networks that were
# trained on ImageNet want ImageNet's numbers, mean (0.485, 0.456, 0.406) and std (0.229, 0.224, 0.225).
#
# ### Exercise: two pipelines
# difficulty 2/5 · 8 minutes · cards: transform-pipeline, random-flip-crop, train-valid-pipelines, to-tensor-first
#
# Fill the blanks. Training: a random part of the picture, at least half of its area, scaled to `side` × `side`;
# mirrored or not; a tensor; normalised. Validation: simply scaled to `side` × `side`; a tensor; normalised.
#
# hint: A transform is an *object* that can be called with a picture. `transforms.ToTensor` alone is a class.


# %% solution="pipelines"
def pipelines(side: int, mean: list[float], std: list[float]):
    """The transforms for training and those for validation."""
    half_or_more = (0.5, 1.0)
    crop = transforms.RandomResizedCrop(side, scale=half_or_more)  # ? RandomResizedCrop | side
    flip = transforms.RandomHorizontalFlip()  # ? RandomHorizontalFlip
    resize = transforms.Resize((side, side))  # ? Resize | (side, side)
    tensor = transforms.ToTensor()  # ? ToTensor()
    normal = transforms.Normalize(mean, std)  # ? Normalize | mean, std
    train = transforms.Compose([crop, flip, tensor, normal])  # ? Compose | tensor, normal
    valid = transforms.Compose([resize, tensor, normal])  # ? resize, tensor, normal
    return train, valid


# %% tests="pipelines" points=5
def run(pipelines, pixels, times, side, mean, std):
    """What comes out of `times` trips through the training pipeline, and of one through that for validation."""
    import torch
    from PIL import Image

    picture = Image.fromarray(pixels)
    train, valid = pipelines(side, mean, std)
    return torch.stack([train(picture) for _ in range(times)]), valid(picture)


def map_of_places(height, width):
    """A picture whose red tells the column and whose green tells the row, from 0 to 255."""
    picture = torch.zeros(height, width, 3)
    picture[..., 0] = torch.linspace(0, 255, width)
    picture[..., 1] = torch.linspace(0, 255, height)[:, None]
    return picture.round().to(torch.uint8).numpy()


plain, zeros, ones = torch.full((6, 9, 3), 51, dtype=torch.uint8).numpy(), [0.0, 0.0, 0.0], [1.0, 1.0, 1.0]
with checks.check(
    "a plain picture, scaled and normalised", hint="objects need brackets; which channel has which mean and std?"
):
    _, valid = checks.there(run, pipelines, plain, 1, 4, [0.1, 0.2, 0.3], [0.5, 1.0, 0.1])
    checks.shape(valid, 3, 4, 4)
    checks.close(valid[:, 1, 2], [0.2, 0.0, -1.0], atol=1e-6)
with checks.check("the training pictures have the same size", hint="crop, flip, tensor, normalise: in this order"):
    checks.shape(checks.there(run, pipelines, plain, 2, 5, zeros, ones)[0], 2, 3, 5, 5)
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("validation: as PIL scales it, then normalised", hint="no chance here, and nothing cut off"):
    pixels = rng.integers(8, 12, 3, low=0, high=255).to(torch.uint8).numpy()
    mean, std = [rng.uniform(0.2, 0.6) for _ in range(3)], [rng.uniform(0.2, 0.6) for _ in range(3)]
    _, valid = checks.there(run, pipelines, pixels, 1, 6, mean, std)
    small = torch.tensor(list(Image.fromarray(pixels).resize((6, 6), Image.Resampling.BILINEAR).tobytes()))
    expected = small.reshape(6, 6, 3).permute(2, 0, 1) / 255 - torch.tensor(mean)[:, None, None]
    grey_level = 1 / 255 / min(std)  # whoever scales the tensor, not the bytes, rounds at other places
    checks.close(valid, expected / torch.tensor(std)[:, None, None], rtol=0, atol=1.5 * grey_level)
with checks.check("training: mirrored half of the time, never upside down", hint="left becomes right in about half"):
    # Of 120 trips a right pipeline mirrors fewer than 24 or more than 96 once in 10^10 times.
    train, _ = checks.there(run, pipelines, map_of_places(56, 56), 120, 8, zeros, ones)
    checks.between((train[:, 0, 0, 0] > train[:, 0, 0, -1]).float().mean(), 0.2, 0.8)
    checks.true(bool((train[:, 1, 0, 0] < train[:, 1, -1, 0]).all()), "some pictures are upside down")
with checks.check("training: parts from half the picture to all of it", hint="a new part in each trip"):
    train, _ = checks.there(run, pipelines, map_of_places(56, 56), 120, 8, zeros, ones)
    spread = train[:, :2].amax(dim=(2, 3)) - train[:, :2].amin(dim=(2, 3))
    area = (spread * 8 / 7).prod(dim=1)
    # Measured on 12,000 trips: from 0.48 to 0.98, below 0.68 in 51 % and above 0.8 in 19 % of them; 0.81^120 is 10^-11.
    checks.between(area, 0.42, 1.15)
    checks.between(area.min(), 0.42, 0.68)
    checks.between(area.max(), 0.8, 1.15)
    checks.true(float(train[:, 2].abs().max()) < 0.01, "a colour that was not there has come in")
### END HIDDEN TESTS


# %% right="pipelines: the list at once"
def pipelines(side, mean, std):
    end = [transforms.ToTensor(), transforms.Normalize(mean=mean, std=std)]
    train = transforms.Compose(
        [transforms.RandomResizedCrop((side, side), scale=(0.5, 1.0)), transforms.RandomHorizontalFlip(p=0.5), *end]
    )
    return train, transforms.Compose([transforms.Resize(size=(side, side)), *end])


# %% right="pipelines: plain functions"
def pipelines(side, mean, std):
    crop = transforms.RandomResizedCrop(side, scale=(0.5, 1.0))

    def normal(picture):
        x = transforms.functional.to_tensor(picture)
        return (x - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]

    def train(picture):
        picture = crop(picture)
        if torch.rand(()) < 0.5:
            picture = transforms.functional.hflip(picture)
        return normal(picture)

    def valid(picture):
        return normal(transforms.functional.resize(picture, [side, side]))

    return train, valid


# %% right="pipelines: version 2 of the transforms"
def pipelines(side, mean, std):
    from torchvision.transforms import v2

    end = [v2.ToImage(), v2.ToDtype(torch.float32, scale=True), v2.Normalize(mean, std)]
    train = v2.Compose([v2.RandomResizedCrop(side, scale=(0.5, 1.0)), v2.RandomHorizontalFlip(0.5), *end])
    return train, v2.Compose([v2.Resize((side, side)), *end])


# %% right="pipelines: a tensor first"
def pipelines(side, mean, std):
    tensor, normal = transforms.ToTensor(), transforms.Normalize(mean, std)
    crop = transforms.RandomResizedCrop(side, scale=(0.5, 1.0))
    train = transforms.Compose([tensor, crop, transforms.RandomHorizontalFlip(), normal])
    return train, transforms.Compose([tensor, transforms.Resize((side, side)), normal])


# %% wrong="pipelines: ToTensor without brackets"
def pipelines(side, mean, std):
    end = [transforms.ToTensor, transforms.Normalize(mean, std)]
    crop = transforms.RandomResizedCrop(side, scale=(0.5, 1.0))
    train = transforms.Compose([crop, transforms.RandomHorizontalFlip(), *end])
    return train, transforms.Compose([transforms.Resize((side, side)), *end])


# %% wrong="pipelines: normalises before there is a tensor"
def pipelines(side, mean, std):
    end = [transforms.Normalize(mean, std), transforms.ToTensor()]
    crop = transforms.RandomResizedCrop(side, scale=(0.5, 1.0))
    train = transforms.Compose([crop, transforms.RandomHorizontalFlip(), *end])
    return train, transforms.Compose([transforms.Resize((side, side)), *end])


# %% wrong="pipelines: validates with random parts too"
def pipelines(side, mean, std):
    end = [transforms.ToTensor(), transforms.Normalize(mean, std)]
    crop = transforms.RandomResizedCrop(side, scale=(0.5, 1.0))
    train = transforms.Compose([crop, transforms.RandomHorizontalFlip(), *end])
    return train, transforms.Compose([crop, *end])


# %% wrong="pipelines: turns pictures upside down"
def pipelines(side, mean, std):
    end = [transforms.ToTensor(), transforms.Normalize(mean, std)]
    crop = transforms.RandomResizedCrop(side, scale=(0.5, 1.0))
    train = transforms.Compose([crop, transforms.RandomVerticalFlip(), *end])
    return train, transforms.Compose([transforms.Resize((side, side)), *end])


# %% wrong="pipelines: Resize with one number keeps the shape of the picture"
def pipelines(side, mean, std):
    end = [transforms.ToTensor(), transforms.Normalize(mean, std)]
    crop = transforms.RandomResizedCrop(side, scale=(0.5, 1.0))
    train = transforms.Compose([crop, transforms.RandomHorizontalFlip(), *end])
    return train, transforms.Compose([transforms.Resize(side), *end])


# %% wrong="pipelines: std and mean swapped"
def pipelines(side, mean, std):
    end = [transforms.ToTensor(), transforms.Normalize(std, mean)]
    crop = transforms.RandomResizedCrop(side, scale=(0.5, 1.0))
    train = transforms.Compose([crop, transforms.RandomHorizontalFlip(), *end])
    return train, transforms.Compose([transforms.Resize((side, side)), *end])


# %% [markdown]
# Where do the pictures come from? The commonest arrangement is a folder with one subfolder for each class, named after
# it: `animals/cat/1.png`, `animals/dog/7.png`. `ImageFolder` is a data set of such a folder. It sorts the names of the
# subfolders; the place of a name is the label.
#
# ### Exercise: from a folder to a batch
# difficulty 2/5 · 8 minutes · cards: image-folder
#
# Make a shuffled loader of the pictures in a folder, each sent through `transform`, and take one first batch from it.
# `names` are the names of the classes of the pictures in that batch.


# %% solution="folder_batch"
def folder_batch(path, transform, size: int):
    """A loader of batches of `size`, its first pictures, and the class name of each of them."""
    dataset = datasets.ImageFolder(path, transform=transform)  # ? ImageFolder | path | transform=transform
    loader = DataLoader(dataset, batch_size=size, shuffle=True)  # ? DataLoader | dataset | size | True
    pictures, labels = next(iter(loader))  # ? next | iter(loader)
    names = [dataset.classes[label] for label in labels]  # ? classes | label@1
    return loader, pictures, names


# %% tests="folder_batch" points=4
def from_disk(folder_batch, shades, size):
    """Names and red shades of the first batch, and the red and green shades of all the batches of three epochs."""
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from PIL import Image
    from torchvision import transforms

    def shades_of(x):
        return (x[:, :2, 0, 0] * 255).round().long().tolist()

    with TemporaryDirectory() as folder:
        for name, shade in shades.items():
            (Path(folder) / name).mkdir()
            for k in range(4):
                Image.new("RGB", (5, 4), (shade, k, 0)).save(Path(folder) / name / f"{k}.png")
        loader, pictures, names = folder_batch(folder, transforms.ToTensor(), size)
        epochs = [[shades_of(x) for x, _ in loader] for _ in range(3)]
    return [red for red, _ in shades_of(pictures)], [str(name) for name in names], epochs


with checks.check(
    "every picture has the name of its folder",
    hint="what does dataset.classes hold? names and pictures come from one batch",
):
    shades = {"zebra": 10, "ant": 200, "lion": 90}
    reds, names, _ = checks.there(from_disk, folder_batch, shades, 12)
    checks.equal(sorted(names), ["ant"] * 4 + ["lion"] * 4 + ["zebra"] * 4)
    checks.equal(reds, [shades[name] for name in names])
### BEGIN HIDDEN TESTS
rng = checks.rng()
shades = {name: 30 * k + rng.integer(1, 20) for k, name in enumerate(rng.words(5))}
everything = sorted([shade, k] for shade in shades.values() for k in range(4))
with checks.check("batches of the size that was asked for", hint="the last batch holds what is left"):
    _, names, epochs = checks.there(from_disk, folder_batch, shades, 8)
    checks.equal(len(names), 8)
    checks.equal([[len(batch) for batch in epoch] for epoch in epochs], [[8, 8, 4]] * 3)
with checks.check("each epoch has all the pictures, in another order", hint="shuffle, and lose nothing"):
    _, _, epochs = checks.there(from_disk, folder_batch, shades, 8)
    rows = [[row for batch in epoch for row in batch] for epoch in epochs]
    checks.equal([sorted(epoch) for epoch in rows], [everything] * 3)
    checks.true(rows[0] != rows[1] and rows[1] != rows[2], "two epochs came in the same order")
with checks.check("the transform is used", hint="ImageFolder takes it by name"):
    reds, names, _ = checks.there(from_disk, folder_batch, shades, 20)
    checks.equal(reds, [shades.get(name, -1) for name in names])
### END HIDDEN TESTS


# %% right="folder_batch: names by position, a loop over the loader"
def folder_batch(path, transform, size):
    dataset = datasets.ImageFolder(str(path), transform)
    loader = DataLoader(dataset, size, True)
    for pictures, labels in loader:  # noqa: B007
        break
    return loader, pictures, [sorted(dataset.class_to_idx)[k] for k in labels.tolist()]


# %% right="folder_batch: DatasetFolder's own loader, names from the folder"
def folder_batch(path, transform, size):
    dataset = datasets.ImageFolder(path)
    dataset.transform = transform
    loader = torch.utils.data.DataLoader(dataset, shuffle=True, batch_size=size, drop_last=False)
    pictures, labels = next(iter(loader))
    folders = sorted(entry.name for entry in Path(path).iterdir())
    return loader, pictures, tuple(folders[label] for label in labels)


# %% right="folder_batch: a random sampler"
def folder_batch(path, transform, size):
    data = datasets.ImageFolder(path, transform)
    loader = DataLoader(data, batch_size=size, sampler=torch.utils.data.RandomSampler(data))
    it = iter(loader)
    x, y = it.__next__()
    return loader, x, list(map(data.classes.__getitem__, y))


# %% wrong="folder_batch: in the order of the folder"
def folder_batch(path, transform, size):
    dataset = datasets.ImageFolder(path, transform=transform)
    loader = DataLoader(dataset, batch_size=size, shuffle=False)
    pictures, labels = next(iter(loader))
    return loader, pictures, [dataset.classes[label] for label in labels]


# %% wrong="folder_batch: forgets the transform"
def folder_batch(path, transform, size):
    dataset = datasets.ImageFolder(path)
    loader = DataLoader(dataset, batch_size=size, shuffle=True)
    pictures, labels = next(iter(loader))
    return loader, pictures, [dataset.classes[label] for label in labels]


# %% wrong="folder_batch: names from another batch"
def folder_batch(path, transform, size):
    dataset = datasets.ImageFolder(path, transform=transform)
    loader = DataLoader(dataset, batch_size=size, shuffle=True)
    pictures, _ = next(iter(loader))
    _, labels = next(iter(loader))
    return loader, pictures, [dataset.classes[label] for label in labels]


# %% wrong="folder_batch: drops the last batch"
def folder_batch(path, transform, size):
    dataset = datasets.ImageFolder(path, transform=transform)
    loader = DataLoader(dataset, batch_size=size, shuffle=True, drop_last=True)
    pictures, labels = next(iter(loader))
    return loader, pictures, [dataset.classes[label] for label in labels]


# %% wrong="folder_batch: numbers instead of names"
def folder_batch(path, transform, size):
    dataset = datasets.ImageFolder(path, transform=transform)
    loader = DataLoader(dataset, batch_size=size, shuffle=True)
    pictures, labels = next(iter(loader))
    return loader, pictures, labels.tolist()


# %% [markdown]
# Before anybody trains on a data set, they look at it *as the network will get it*. A surprising number of bugs is
# found that way. But normalised pictures have negative numbers and look wrong, and matplotlib wants the channels last.
#
# ### Exercise: show a batch
# difficulty 2/5 · 10 minutes · cards: unnormalise, make-grid, imagenet-statistics
#
# Undo the normalising, keep everything within 0 to 1, let `make_grid` put the pictures together on one sheet with
# `per_row` in a row, and show it, channels last. `mean` and `std` are lists of three numbers.
#
# hint: To meet (batch, 3, height, width), three numbers need the shape (3, 1, 1).


# %% solution="show_batch"
def show_batch(pictures: torch.Tensor, mean: list[float], std: list[float], per_row: int = 4):
    """The axis on which normalised pictures are shown as they were, and the sheet (rows, columns, 3) on it."""
    mean, std = torch.tensor(mean)[:, None, None], torch.tensor(std)[:, None, None]  # ? None, None@2
    pictures = (pictures * std + mean).clip(0, 1)  # ? std | mean | clip(0, 1)
    sheet = make_grid(pictures, nrow=per_row).permute(1, 2, 0)  # ? make_grid | per_row | permute(1, 2, 0)
    _, axis = plt.subplots()  # ? plt.subplots()
    axis.imshow(sheet)  # ? imshow | sheet
    axis.set_axis_off()  # ? set_axis_off
    return axis, sheet


# %% tests="show_batch" points=4
def shown(show_batch, pictures, *options):
    """What stands on the axis, the sheet, and whether there are axis lines around it."""
    import matplotlib.pyplot as plt
    import torch

    axis, sheet = show_batch(pictures, *options)
    drawn = [torch.as_tensor(image.get_array().tolist()) for image in axis.images]
    plt.close(axis.figure)
    return drawn[0], sheet, axis.axison


grey_one = torch.zeros(1, 3, 2, 2)
with checks.check("zeros are the mean colour", hint="what did Normalize do? Undo its steps from the last to the first"):
    drawn, _, lines = checks.there(shown, show_batch, grey_one, [0.2, 0.5, 0.7], [0.1, 0.1, 0.1])
    checks.close(drawn[0, 0], [0.2, 0.5, 0.7], atol=1e-6)
    checks.equal(lines, False)
### BEGIN HIDDEN TESTS
rng = checks.rng()
mean, std = [rng.uniform(0.3, 0.6) for _ in range(3)], [rng.uniform(0.2, 0.5) for _ in range(3)]
original = rng.tensor(6, 3, 5, 7, low=0, high=1)
column_mean, column_std = torch.tensor(mean).reshape(3, 1, 1), torch.tensor(std).reshape(3, 1, 1)
normal = (original - column_mean) / column_std
with checks.check(
    "any batch looks as it did before", hint="times std, plus mean; rows, columns, colours in this order"
):
    drawn, sheet, _ = checks.there(shown, show_batch, normal, mean, std, 3)
    checks.close(drawn, make_grid(original, nrow=3).permute(1, 2, 0), atol=1e-4)
    checks.close(sheet, make_grid(original, nrow=3).permute(1, 2, 0), atol=1e-4)
with checks.check("four in a row unless told otherwise", hint="nrow says how many stand in a row"):
    drawn, _, _ = checks.there(shown, show_batch, normal, mean, std)
    checks.close(drawn, make_grid(original, nrow=4).permute(1, 2, 0), atol=1e-4)
with checks.check("what is too dark or too bright is cut off", hint="colours from 0 to 1"):
    _, sheet, _ = checks.there(shown, show_batch, normal * 4, mean, std, 2)
    bright = (normal * 4 * column_std + column_mean).clamp(0, 1)
    checks.close(sheet, make_grid(bright, nrow=2).permute(1, 2, 0), atol=1e-4)
### END HIDDEN TESTS


# %% right="show_batch: view, clamp, numpy"
def show_batch(pictures, mean, std, per_row=4):
    mean, std = torch.tensor(mean).view(1, 3, 1, 1), torch.tensor(std).view(1, 3, 1, 1)
    sheet = make_grid((pictures * std + mean).clamp(0, 1), per_row).numpy().transpose(1, 2, 0)
    _, axis = plt.subplots(figsize=(6, 4))
    axis.imshow(sheet, interpolation="nearest")
    axis.axis("off")
    return axis, sheet


# %% right="show_batch: Normalize turned round"
def show_batch(pictures, mean, std, per_row=4):
    back = transforms.Normalize([-m / s for m, s in zip(mean, std, strict=True)], [1 / s for s in std])
    sheet = make_grid([back(picture).clip(0, 1) for picture in pictures], nrow=per_row).movedim(0, -1)
    plt.figure()
    plt.imshow(sheet)
    plt.axis("off")
    return plt.gca(), sheet


# %% wrong="show_batch: mean first, then std"
def show_batch(pictures, mean, std, per_row=4):
    mean, std = torch.tensor(mean)[:, None, None], torch.tensor(std)[:, None, None]
    sheet = make_grid(((pictures + mean) * std).clip(0, 1), nrow=per_row)
    sheet = sheet.permute(1, 2, 0)
    _, axis = plt.subplots()
    axis.imshow(sheet)
    axis.set_axis_off()
    return axis, sheet


# %% wrong="show_batch: normalises once more"
def show_batch(pictures, mean, std, per_row=4):
    mean, std = torch.tensor(mean)[:, None, None], torch.tensor(std)[:, None, None]
    sheet = make_grid(((pictures - mean) / std).clip(0, 1), nrow=per_row)
    sheet = sheet.permute(1, 2, 0)
    _, axis = plt.subplots()
    axis.imshow(sheet)
    axis.set_axis_off()
    return axis, sheet


# %% wrong="show_batch: reshape instead of permute"
def show_batch(pictures, mean, std, per_row=4):
    mean, std = torch.tensor(mean)[:, None, None], torch.tensor(std)[:, None, None]
    sheet = make_grid((pictures * std + mean).clip(0, 1), nrow=per_row)
    sheet = sheet.reshape(sheet.shape[1], sheet.shape[2], 3)
    _, axis = plt.subplots()
    axis.imshow(sheet)
    axis.set_axis_off()
    return axis, sheet


# %% wrong="show_batch: does not clip"
def show_batch(pictures, mean, std, per_row=4):
    mean, std = torch.tensor(mean)[:, None, None], torch.tensor(std)[:, None, None]
    sheet = make_grid(pictures * std + mean, nrow=per_row)
    sheet = sheet.permute(1, 2, 0)
    _, axis = plt.subplots()
    axis.imshow(sheet)
    axis.set_axis_off()
    return axis, sheet


# %% wrong="show_batch: height and width turned"
def show_batch(pictures, mean, std, per_row=4):
    mean, std = torch.tensor(mean)[:, None, None], torch.tensor(std)[:, None, None]
    sheet = make_grid((pictures * std + mean).clip(0, 1), nrow=per_row)
    sheet = sheet.permute(2, 1, 0)
    _, axis = plt.subplots()
    axis.imshow(sheet)
    axis.set_axis_off()
    return axis, sheet


# %% [markdown]
# Both together: a folder with parts of our photograph, read back through your training pipeline.

# %%
mean, std = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
with TemporaryDirectory() as folder:
    for name, box in {"face": (150, 20, 380, 330), "medals": (335, 470, 470, 540)}.items():
        (Path(folder) / name).mkdir()
        for k in range(4):
            photo.crop(box).save(Path(folder) / name / f"{k}.png")
    _, pictures, names = folder_batch(folder, pipelines(96, mean, std)[0], 8)
show_batch(pictures, mean, std)[0].set_title(", ".join(names), fontsize=8)

# %% [markdown]
# matplotlib's picture holds still. To point at a pixel and read its number, people use **plotly**, which draws charts
# for the browser. It is not installed with this course, so the next code is never run: what you type is compared.
# To plotly a picture is a heat map like any other: row 0 is at the *bottom*, unless you turn the y axis round.
#
# ### Exercise: a digit to point at
# difficulty 1/5 · 4 minutes · cards: plotly-heatmap
#
# Fill the blanks, so that a digit of MNIST appears in shades of grey and stands upright. Keep the cell's first line.

# %% cloze="heat_map" points=3
# | import plotly.graph_objects as {{go::the customary short name}}
# |
# | pixels = data.digits().train_x[0].numpy()  # (28, 28)
# | chart = go.Figure(data=go.{{Heatmap}}({{z::the third axis}}=pixels, colorscale="gray"))
# | chart.update_yaxes({{autorange}}={{"reversed"}}, scaleanchor="x")  # upright, with square pixels
# | chart.{{show}}()

# %% [markdown]
# ## 11 · Where is it?
#
# So far a network says *what* is in a picture. A **detector** also says where: it gives back boxes, each with a score.
# A box is written as its two corners, (x1, y1, x2, y2), with x to the right and y *down*.
#
# How good is a box? Compare it with the true one by **intersection over union**: the area that both have in common,
# divided by the area that at least one of them has. 1 is perfect, 0 means that they do not touch.
#
# And a detector stammers: it finds the same face five times, in boxes that are shifted a little. **Non-max
# suppression** keeps the best and drops its doubles:
#
# 1. take the box with the highest score, and keep it;
# 2. drop all other boxes whose IoU with it is *above* a threshold;
# 3. go on with what is left, until nothing is.

# %%
found = torch.tensor([[150.0, 20, 380, 330], [165, 40, 390, 345], [130, 10, 360, 320], [335, 470, 470, 540]])
sure = torch.tensor([0.9, 0.8, 0.75, 0.6])
figure, axis = plt.subplots(figsize=(4, 4.5))
axis.imshow(photo)
for (x1, y1, x2, y2), score in zip(found.tolist(), sure.tolist(), strict=True):
    axis.add_patch(plt.Rectangle((x1, y1), x2 - x1, y2 - y1, fill=False, edgecolor="yellow", linewidth=3 * score))
    axis.text(x1, y1 - 4, f"{score:.2f}", color="yellow", fontsize=8)
axis.set_axis_off()

# %% [markdown]
# ### Exercise: one box for each face
# difficulty 4/5 · 15 minutes · cards: iou, non-max-suppression, box-forms
#
# Write both. `iou` compares every box of one list with every box of another. `nms` gives back the numbers of the boxes
# that stay, best first.
#
# hint: The intersection goes from the larger of the two left edges to the smaller of the two right edges. If that is
# to the left of where it starts, there is none: its width is 0, and not negative.
#
# hint: `a[:, None, :2]` and `b[None, :, :2]` meet as (n, m, 2).


# %% solution="boxes"
def iou(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The IoU of every pair of boxes: (n, 4) and (m, 4) to (n, m)."""
    ### BEGIN SOLUTION
    first = a[:, None, :2].maximum(b[None, :, :2])
    last = a[:, None, 2:].minimum(b[None, :, 2:])
    common = (last - first).clamp(min=0).prod(dim=2)
    area_a, area_b = ((box[:, 2] - box[:, 0]) * (box[:, 3] - box[:, 1]) for box in (a, b))
    return common / (area_a[:, None] + area_b - common)
    ### END SOLUTION


def nms(boxes: torch.Tensor, scores: torch.Tensor, threshold: float) -> list[int]:
    """The numbers of the boxes that stay, from the highest score to the lowest."""
    ### BEGIN SOLUTION
    kept = []
    for k in scores.argsort(descending=True).tolist():
        if (iou(boxes[kept], boxes[[k]]) <= threshold).all():
            kept.append(k)
    return kept
    ### END SOLUTION


# %% tests="boxes" points=5
def by_pixels(a, b):
    """The IoU of two boxes with whole corners, by counting pixels."""
    (x1, y1, x2, y2), (x3, y3, x4, y4) = a.long().tolist(), b.long().tolist()
    one = {(x, y) for x in range(x1, x2) for y in range(y1, y2)}
    other = {(x, y) for x in range(x3, x4) for y in range(y3, y4)}
    return len(one & other) / len(one | other)


def greedy(boxes, scores, threshold):
    """What should stay, by the three steps."""
    order, kept = sorted(range(len(boxes)), key=lambda k: -scores[k].item()), []
    for k in order:
        if all(by_pixels(boxes[k], boxes[n]) <= threshold for n in kept):
            kept.append(k)
    return kept


def random_boxes(rng, n):
    """n boxes with whole corners, all different in size."""
    corner = rng.integers(n, 2, low=0, high=9)
    return torch.cat([corner, corner + rng.integers(n, 2, low=2, high=9)], dim=1).float()


square = torch.tensor([[0.0, 0.0, 2.0, 2.0]])
with checks.check("a square and its neighbours", hint="common area by the area of both together; is it ever below 0?"):
    others = torch.tensor([[0.0, 0.0, 2.0, 2.0], [1.0, 0.0, 3.0, 2.0], [3.0, 3.0, 4.0, 4.0], [3.0, 0.0, 4.0, 2.0]])
    checks.close(iou(square, others), [[1.0, 1 / 3, 0.0, 0.0]])
with checks.check("two of three boxes stay", hint="the best one drops those that overlap with it too much"):
    three = torch.tensor([[0.0, 0.0, 4.0, 4.0], [0.0, 1.0, 4.0, 5.0], [10.0, 10.0, 12.0, 12.0]])
    checks.equal(list(nms(three, torch.tensor([0.6, 0.9, 0.7]), 0.5)), [1, 2])
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("every pair of two lists", hint="x and y alike; the union counts the common part once"):
    a, b = random_boxes(rng, rng.integer(3, 5)), random_boxes(rng, 7)
    checks.close(iou(a, b), [[by_pixels(one, other) for other in b] for one in a])
with checks.check("any number of boxes, any threshold", hint="best first; a box that is dropped drops nobody"):
    for threshold in (0.1237, 0.3217, 0.6123):  # no fraction of small numbers
        boxes, scores = random_boxes(rng, 25), rng.permutation(25) / 25  # no two alike
        checks.equal([int(k) for k in nms(boxes, scores, threshold)], greedy(boxes, scores, threshold))
    row = torch.tensor([[0.0, 0.0, 4.0, 2.0], [2.0, 0.0, 6.0, 2.0], [4.0, 0.0, 8.0, 2.0]])
    checks.equal([int(k) for k in nms(row, torch.tensor([0.9, 0.8, 0.7]), 0.2)], [0, 2])
with checks.check("an overlap of exactly the threshold stays", hint="above the threshold, says step 2"):
    pair = torch.tensor([[0.0, 0.0, 2.0, 2.0], [0.0, 0.0, 2.0, 1.0]])
    checks.equal([int(k) for k in nms(pair, torch.tensor([0.2, 0.4]), 0.5)], [1, 0])
### END HIDDEN TESTS


# %% equivalent="boxes: two boxes overlap as much from either side"
# - if (iou(boxes[kept], boxes[[k]]) <= threshold).all():
# + if (iou(boxes[[k]], boxes[kept]) <= threshold).all():


# %% right="boxes: torchvision"
def iou(a, b):
    from torchvision.ops import box_iou

    return box_iou(a, b)


def nms(boxes, scores, threshold):
    from torchvision.ops import nms as quick

    return quick(boxes, scores, threshold)


# %% right="boxes: by loops"
def iou(a, b):
    table = torch.zeros(len(a), len(b))
    for i, (x1, y1, x2, y2) in enumerate(a.tolist()):
        for j, (x3, y3, x4, y4) in enumerate(b.tolist()):
            width, height = min(x2, x4) - max(x1, x3), min(y2, y4) - max(y1, y3)
            common = max(width, 0) * max(height, 0)
            table[i, j] = common / ((x2 - x1) * (y2 - y1) + (x4 - x3) * (y4 - y3) - common)
    return table


def nms(boxes, scores, threshold):
    table, kept = iou(boxes, boxes), []
    for k in scores.argsort(descending=True).tolist():
        if not any(table[k, n] > threshold for n in kept):
            kept.append(k)
    return torch.tensor(kept)


# %% right="boxes: lists"
def iou(a, b):
    out = []
    for p in a:
        row = []
        for q in b:
            w = max(0.0, float(min(p[2], q[2]) - max(p[0], q[0])))
            h = max(0.0, float(min(p[3], q[3]) - max(p[1], q[1])))
            i = w * h
            u = float((p[2] - p[0]) * (p[3] - p[1]) + (q[2] - q[0]) * (q[3] - q[1])) - i
            row.append(i / u)
        out.append(row)
    return out


def nms(boxes, scores, threshold):
    left, kept = list(range(len(boxes))), []
    while left:
        best = max(left, key=lambda k: scores[k])
        kept.append(best)
        left = [k for k in left if k != best and iou(boxes[best : best + 1], boxes[k : k + 1])[0][0] <= threshold]
    return kept


# %% wrong="boxes: widths below zero"
def iou(a, b):
    first = torch.maximum(a[:, None, :2], b[None, :, :2])
    last = torch.minimum(a[:, None, 2:], b[None, :, 2:])
    common = (last - first).prod(dim=2)
    area_a, area_b = ((boxes[:, 2:] - boxes[:, :2]).prod(dim=1) for boxes in (a, b))
    return common / (area_a[:, None] + area_b - common)


def nms(boxes, scores, threshold):
    from torchvision.ops import nms as quick

    return quick(boxes, scores, threshold).tolist()


# %% wrong="boxes: counts the common part twice"
def iou(a, b):
    first = torch.maximum(a[:, None, :2], b[None, :, :2])
    last = torch.minimum(a[:, None, 2:], b[None, :, 2:])
    common = (last - first).clamp(min=0).prod(dim=2)
    area_a, area_b = ((boxes[:, 2:] - boxes[:, :2]).prod(dim=1) for boxes in (a, b))
    return common / (area_a[:, None] + area_b)


def nms(boxes, scores, threshold):
    from torchvision.ops import nms as quick

    return quick(boxes, scores, threshold).tolist()


# %% wrong="boxes: keeps them in the order of the list"
def iou(a, b):
    from torchvision.ops import box_iou

    return box_iou(a, b)


def nms(boxes, scores, threshold):
    from torchvision.ops import nms as quick

    return sorted(quick(boxes, scores, threshold).tolist())


# %% wrong="boxes: the lowest score first"
def iou(a, b):
    from torchvision.ops import box_iou

    return box_iou(a, b)


def nms(boxes, scores, threshold):
    from torchvision.ops import nms as quick

    return quick(boxes, -scores, threshold).tolist()


# %% wrong="boxes: boxes that were dropped drop others"
def iou(a, b):
    from torchvision.ops import box_iou

    return box_iou(a, b)


def nms(boxes, scores, threshold):
    order = scores.argsort(descending=True)
    table = iou(boxes[order], boxes[order]).triu(diagonal=1)
    return order[(table <= threshold).all(dim=0)].tolist()


# %%
kept = nms(found, sure, 0.5)
print("IoU with the first box:", [round(float(value), 2) for value in iou(found[:1], found)[0]])
print("boxes that stay:", [int(k) for k in kept])

# %% [markdown]
# If two people embrace, their boxes overlap, and non-max suppression drops one of them. With several classes it is done
# for each class by itself, so that at least a dog on a sofa does not lose to the sofa.
#
# ## 12 · What did each of them reach?
#
# The table puts your numbers beside published ones. They are **not** from the same data: yours come from 4,000
# training and 1,000 validation pictures, the published ones from the 60,000 and 10,000 of full MNIST, mostly with
# longer training. The column ± is one standard error, $\sqrt{p(1-p)/n}$; methods that differ by less have hardly been
# told apart.

# %% setup
published = {
    "one linear layer": "0.92   dlsys course, homework 0",
    "dense, one hidden layer": "0.976 - 0.981   dlsys course, homework 0",
    "LeNet": "0.9905   LeCun and others 1998, LeNet-5 (0.992 with distorted pictures)",
    "four convs, batch norm": "0.991   fast.ai book, chapter 13, 5 epochs",
}

# %%
print(f"yours: {digits.name}; {len(train_x):,} to train, {len(valid_x):,} to validate")
if device.budget(10) < 10:
    print("run by the grader, which trains a fifth as long")
print(f"{'':25}{'yours':>7}{'±':>7}   on full MNIST")
for name, theirs in published.items():
    p = reached.get(name)
    ours = f"{'not yet':>14}" if p is None else f"{p:7.3f}{(p * (1 - p) / len(valid_x)) ** 0.5:7.3f}"
    print(f"{name:25}{ours}   {theirs}")

# %% [markdown]
# ## 13 · Find the bug, and say it in your own words
#
# ### Exercise: the network is colour-blind
# difficulty 3/5 · 10 minutes · cards: permute-not-reshape
#
# A colleague's network trains on photographs that come from a camera as bytes, each (height, width, 3). Nothing raises
# an error, all shapes are right, the loss even falls a little, and yet the network learns next to nothing. There is
# **one** mistake in the function that prepares a batch. Find it: look at what comes out of it, as the network gets it.


# %% solution="prepare"
def prepare(photographs: list[torch.Tensor], mean: list[float], std: list[float]) -> torch.Tensor:
    """One normalised float batch (n, 3, height, width) out of bytes (height, width, 3)."""
    ### BEGIN SOLUTION
    #! batch = torch.stack(photographs) / 255
    #! n, height, width, channels = batch.shape
    #! batch = batch.reshape(n, channels, height, width)
    #! return (batch - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]
    batch = torch.stack(photographs) / 255
    batch = batch.permute(0, 3, 1, 2)
    return (batch - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]
    ### END SOLUTION


# %% tests="prepare" points=3
tiny = torch.tensor([[[255, 0, 51], [0, 102, 0]]], dtype=torch.uint8)  # one row of two pixels
with checks.check("one row of two pixels", hint="where does the red of the second pixel go?"):
    got = prepare([tiny], [0.0, 0.0, 0.0], [1.0, 1.0, 1.0])
    checks.close(got, [[[[1.0, 0.0]], [[0.0, 0.4]], [[0.2, 0.0]]]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
raw = [rng.integers(4, 7, 3, low=0, high=255).to(torch.uint8) for _ in range(rng.integer(2, 4))]
mean, std = [rng.uniform(0.2, 0.6) for _ in range(3)], [rng.uniform(0.2, 0.6) for _ in range(3)]
with checks.check("any photographs, pixel by pixel", hint="show a channel as a picture: is it still a photograph?"):
    got = prepare(raw, mean, std)
    expected = [
        [[[(x[i, j, c].item() / 255 - mean[c]) / std[c] for j in range(7)] for i in range(4)] for c in range(3)]
        for x in raw
    ]
    checks.close(got, expected, rtol=1e-4, atol=1e-5)
with checks.check("as ToTensor and Normalize do it", hint="nothing else was wrong"):
    right = transforms.Compose([transforms.ToTensor(), transforms.Normalize(mean, std)])
    checks.close(prepare(raw[:1], mean, std)[0], right(raw[0].numpy()), rtol=1e-4, atol=1e-5)
### END HIDDEN TESTS


# %% right="prepare: turns each photograph before stacking"
def prepare(photographs, mean, std):
    batch = torch.stack([x.permute(2, 0, 1) for x in photographs]) / 255
    return (batch - torch.tensor(mean).view(3, 1, 1)) / torch.tensor(std).view(3, 1, 1)


# %% right="prepare: normalises with the channels last"
def prepare(photographs, mean, std):
    batch = torch.stack(photographs).float() / 255
    batch = (batch - torch.tensor(mean)) / torch.tensor(std)
    return batch.movedim(-1, 1)


# %% wrong="prepare: as it was"
def prepare(photographs, mean, std):
    batch = torch.stack(photographs) / 255
    n, height, width, channels = batch.shape
    batch = batch.reshape(n, channels, height, width)
    return (batch - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]


# %% wrong="prepare: turns width and height too"
def prepare(photographs, mean, std):
    batch = torch.stack(photographs).float() / 255
    batch = batch.transpose(1, 3)
    return (batch - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]


# %% wrong="prepare: still reshapes, but in another order"
def prepare(photographs, mean, std):
    batch = torch.stack(photographs).float() / 255
    n, height, width, channels = batch.shape
    batch = batch.permute(0, 2, 3, 1).reshape(n, channels, height, width)
    return (batch - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]


# %% wrong="prepare: repairs what was not broken"
def prepare(photographs, mean, std):
    batch = torch.stack(photographs).float()
    batch = batch.permute(0, 3, 1, 2)
    return (batch - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]


# %% wrong="prepare: one mean for all channels"
def prepare(photographs, mean, std):
    batch = (torch.stack(photographs).float() / 255).permute(0, 3, 1, 2)
    return (batch - torch.tensor(mean).mean()) / torch.tensor(std).mean()


# %% [markdown]
# This is what the network got, and what it should have got. `reshape` keeps the order of the numbers in memory and only
# cuts the row of numbers up in another way; `permute` moves the axes.

# %%
small = torch.tensor(list(photo.resize((64, 76)).tobytes()), dtype=torch.uint8).reshape(76, 64, 3)
zeros, ones = [0.0] * 3, [1.0] * 3
channels = [*(small / 255).reshape(3, 76, 64), *prepare([small], zeros, ones)[0]]
show(channels, ["", "reshaped", "", "red", "green", "blue"], size=1.5)

# %% [markdown]
# ### Six questions
# Two to five sentences each are enough. Write as you would to somebody who has not taken this course.

# %% [markdown] question="why_convolve" points=2
# **Why convolve?** A dense layer can do everything that a convolution does, and more. Why is the convolution still the
# better choice for photographs? And name a kind of data for which it would be a bad one.
#
# ### BEGIN MARK SCHEME
# - 1 point: local connections and shared weights: far fewer weights, so less data and computing; an edge is an edge
#   everywhere (equivariance); a dense layer would have to learn each pattern at each place.
# - 1 point: data whose neighbours mean nothing or where the place itself matters: a table with columns such as age and
#   income, pixels in shuffled order, or the like, with a reason.
# ### END MARK SCHEME

# %% [markdown] question="shuffled_pixels" points=2
# **Shuffled pixels.** Somebody puts the pixels of all digits, training and validation, into the same random order. How
# does the accuracy of the dense network change, how that of LeNet, and why?
#
# ### BEGIN MARK SCHEME
# - 1 point: dense: not at all (apart from luck), since it treats all inputs alike; its weights come in another order.
# - 1 point: LeNet: worse, since neighbours under a kernel no longer belong together; its knowledge about pictures is
#   wrong there (still far above chance).
# ### END MARK SCHEME

# %% [markdown] question="one_picture" points=2
# **It worked yesterday.** A network with batch norm reaches 97 % on batches of 256 validation pictures. In the app,
# where it sees one photograph at a time, its answers are close to random. Which line was forgotten, and
# what happened inside?
#
# ### BEGIN MARK SCHEME
# - 1 point: `net.eval()` was forgotten (the network is still in training mode).
# - 1 point: batch norm then normalises with mean and variance of the batch at hand, which is a single picture: its own
#   brightness and contrast are taken away, features get another scale than in training (and the moving averages are
#   changed too); in evaluation mode it would use the moving averages.
# ### END MARK SCHEME

# %% [markdown] question="augment_what" points=2
# **Chance with sense.** Which random changes would you use for handwritten digits, for photographs of skin spots, and
# for photographs of traffic signs? Name for each at least one that you would use, and for two of them one that would do
# harm.
#
# ### BEGIN MARK SCHEME
# - 1 point: a sensible change for each: digits: small shifts, turns, slants; skin: mirroring, turns by any angle,
#   brightness; signs: brightness, blur, small turns, scale.
# - 1 point: two harmful ones with the reason that the label no longer fits: mirrored or upside-down digits (6 and 9),
#   mirrored arrows, changed colours of signs or spots where colour decides, crops that lose the object.
# ### END MARK SCHEME

# %% [markdown] question="small_kernels" points=2
# **Three or seven?** Compare three convolutions of 3 × 3 with one of 7 × 7, all with 64 channels in and out, stride 1
# and no bias. How far does each see, how many weights has each, and what else differs?
#
# ### BEGIN MARK SCHEME
# - 1 point: both see 7 × 7; weights 3 · 9 · 64 · 64 = 110,592 against 49 · 64 · 64 = 200,704.
# - 1 point: between the three there are activations, so they can represent more complicated functions; but more layers
#   to train and more maps to keep in memory.
# ### END MARK SCHEME

# %% [markdown] question="read_the_table" points=2
# **Read your table.** May you say that your LeNet is worse than that of 1998? Name two of your rows that your
# validation pictures cannot tell apart, or explain why there are none, and say how you see it.
#
# ### BEGIN MARK SCHEME
# - 1 point: no: other data (4,000 instead of 60,000 training pictures, 1,000 validation pictures), shorter training,
#   and changes in the network; the same data and training would be needed.
# - 1 point: compares differences with standard errors, with numbers from the student's own table.
# ### END MARK SCHEME

# %% [markdown]
# ## What you have built
# Convolutions from loops and from strides, their transposes, pooling, batch norm, LeNet, a pipeline for photographs,
# and the end of a detector. One thing is still missing for truly deep networks: stack forty of these layers, and they
# train *worse* than twenty. How to cure that is the next lesson.
