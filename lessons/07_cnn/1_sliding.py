# %% [markdown]
# # Networks that look
# A camera delivers millions of numbers, and what matters about them is *where* they stand: which light pixel lies
# beside which dark one. A network that treats a picture as one long row of numbers throws that away. In this lesson
# you build the layers that keep it: convolutions from two loops and from one line, pooling, batch norm, LeNet, and
# what goes with them when real photographs come in. At the end a network made of your own layers reads digits.
#
# **How to read this notebook.** Before you run a cell, say what you expect to see. Then run it and look. Cells that
# read `# YOUR CODE HERE` or `____` are yours; the cell below each of them tells you how far you got. If you get stuck,
# move on: the next exercise does not need this one.
#
# **In this part you will** write convolutions along a line and across a picture, with padding, stride and bias.

# %% setup
import time
from collections import OrderedDict

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from matplotlib import cbook
from PIL import Image
from torch import nn
from torchvision import transforms

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
        axis.set(xticks=[], yticks=[])
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
# **Predict** before you run the next cell, from the numbers alone: which of the three kernels blurs, which one
# sharpens, and which one moves the whole picture?

# %%
kernel_a = torch.ones(5, 5) / 25
kernel_b = torch.tensor([[0.0, -1.0, 0.0], [-1.0, 5.0, -1.0], [0.0, -1.0, 0.0]])
kernel_c = torch.zeros(1, 25)
kernel_c[0, 0] = 1.0
kernels = (kernel_a, kernel_b, kernel_c)
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
# the edge. So the result is smaller than the picture, by two rows and two columns. Anyone who wants to keep the size
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
#
# hint: Where does the picture's first row stand in the larger tensor, and where its last?


# %% solution="pad2d" promises="leaves-inputs, differentiable(x), tensor"
def pad2d(x, left: int, right: int, top: int, bottom: int, value: float = 0.0) -> torch.Tensor:
    """Pictures (batch, channels, height, width) with a frame of `value` around each."""
    batch, channels, height, width = x.shape
    rows, columns = top + height + bottom, left + width + right  # ? top + height + bottom | left + width + right
    padded = x.new_full((batch, channels, rows, columns), value)  # ? new_full | value
    padded[..., top : top + height, left : left + width] = x  # ? top : top + height | left : left + width | x
    return padded


# %% [markdown] explains="pad2d"
# The larger tensor is as high as the frame above, the picture and the frame below together. The picture begins at row
# `top`, because the rows 0 to top − 1 are frame, and ends `height` rows later. It is tempting to write `top : -bottom`;
# with `bottom` 0 that is `top : 0`, an empty piece. Count forwards, and no side is special.
#
# `...` means all axes in front, so every picture and every channel goes to its place at once. `x.new_full` has the
# dtype of `x`: `torch.full` would make floats of bytes. Writing `x` into the new tensor is an operation that autograd
# records, so gradients flow through the slice, and those of the frame end there. By the way, left and right belong to
# the *width*, the last axis; swap them with top and bottom, and a test with the same frame on all sides would never
# notice.


# %% tests="pad2d" points=3
def examples(rng):
    yield checks.example(pad2d, {"x": rng.tensor(2, 1, 3, 4), "left": 1, "right": 0, "top": 2, "bottom": 3})


with checks.check("one pixel, a frame of different widths", hint="how many rows lie above, and how many below?"):
    got = pad2d(torch.ones(1, 1, 1, 1), left=1, right=2, top=1, bottom=0)
    checks.close(got, [[[[0.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]]]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("any batch, any frame, any value", hint="left and right belong to the width; what fills the frame?"):
    x = rng.tensor(2, 3, rng.integer(3, 5), rng.integer(6, 8))
    left, right, top, bottom = (int(n) for n in rng.permutation(4))
    for value in (rng.uniform(2, 3), rng.uniform(-3, -2), -torch.inf):
        checks.close(pad2d(x, left, right, top, bottom, value), F.pad(x, (left, right, top, bottom), value=value))
with checks.check("zeros unless told otherwise; bytes stay bytes", hint="x.new_full keeps the dtype of x"):
    x = rng.integers(1, 2, 3, 4, low=1, high=9).to(torch.uint8)
    got = pad2d(x, 2, 1, 3, 4)
    checks.equal(got, F.pad(x, (2, 1, 3, 4)))
    checks.dtype(got, torch.uint8)
### END HIDDEN TESTS

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
# Write it with a loop over the places where the kernel can stand (or without one, but not by a convolution of torch).
# If the signal's end does not fill a whole kernel, it is left out. It must be possible to learn the kernels, so let
# gradients flow.
#
# hint: Where does the last kernel begin that still fits? Count for a width of 5 and a kernel of 3.
#
# hint: Cut one window out of the signal. Which axes have the window, and the kernels, and where does one of them lack
# an axis of length 1, so that all pairs can be multiplied at once? Which axes have to be added up then?


# %% solution="conv1d" promises="leaves-inputs, differentiable(signal, kernels), tensor, by-hand(conv)"
def conv1d(signal: torch.Tensor, kernels: torch.Tensor, stride: int = 1) -> torch.Tensor:
    """(batch, in_channels, width) and (out_channels, in_channels, size) to (batch, out_channels, places)."""
    ### BEGIN SOLUTION
    size = kernels.shape[-1]
    places = range(0, signal.shape[-1] - size + 1, stride)
    sums = [(signal[:, None, :, start : start + size] * kernels).flatten(2).sum(dim=2) for start in places]
    return torch.stack(sums, dim=2)
    ### END SOLUTION


# %% [markdown] explains="conv1d"
# Where can a kernel begin? In a signal of 5 a kernel of 3 fits at 0, 1 and 2, so the last place is `width - size`, and
# `range` needs one more. With the stride as its step, `range` also counts right when things do not come out even.
# `(width - size + 1) // stride` does not: for a width of 11, a kernel of 3 and a stride of 2 it says 4, but the kernel
# fits at 0, 2, 4, 6 and 8.
#
# A window has the axes (batch, in, size), the kernels (out, in, size). One axis of length 1 in the window, (batch, 1,
# in, size), and they meet as (batch, out, in, size). The last two are added up: the channels of a window go into *one*
# sum. Without the new axis the batch would meet the output channels, which fits only by accident, and then it is wrong
# without an error.


# %% tests="conv1d" points=4
def examples(rng):
    yield checks.example(conv1d, {"signal": rng.tensor(2, 3, 7), "kernels": rng.tensor(2, 3, 4), "stride": 2})


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
    for size in (1, 4, 9):
        x, k = rng.tensor(2, 3, rng.integer(9, 12)), rng.tensor(5, 3, size)
        checks.close(conv1d(x, k), F.conv1d(x, k), rtol=1e-4, atol=1e-5)
with checks.check(
    "strides, also when they do not come out even",
    hint="how far apart are two places? the last one must hold a whole kernel",
):
    x, k = rng.tensor(2, 2, 11), rng.tensor(3, 2, 3)
    for stride in (2, 3, 5):
        checks.close(conv1d(x, k, stride), F.conv1d(x, k, stride=stride), rtol=1e-4, atol=1e-5)
### END HIDDEN TESTS

# %% [markdown]
# A picture needs a second loop, and nothing else is new. A colour picture has three channels (red, green, blue), so one
# kernel of size 5 on it has not 25 numbers but 3 × 5 × 5 = 75. **Predict:** what is the shape of the result of eight
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
# hint: `F.pad(x, (left, right, top, bottom))` makes the frame. How many rows and columns has the result?
#
# hint: To be added to (batch, out_channels, height, width), a bias of shape (out_channels,) needs two more axes *at
# its end*.


# %% solution="conv2d" promises="leaves-inputs, differentiable(x, kernels, bias), tensor, by-hand(conv)"
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


# %% [markdown] explains="conv2d"
# Three steps in this order: pad, slide, add the bias. The places are counted on the padded picture, hence the new `x`.
# Rows depend on the kernel's height and the padded height, columns on the widths; nothing says that either of them is
# square.
#
# The inner line is `conv1d` with one axis more: (batch, 1, in, kh, kw) times (out, in, kh, kw), and the last three axes
# are added up. The bias has one number a channel. Broadcasting lines up shapes from the right, so (out,) alone would
# meet the *width*: wrong, or an error if you are lucky. `[:, None, None]` puts it in front of rows and columns. Added
# inside the sum over input channels, it would come once for each of them. By hand: a kernel of 3 × 3 ones on a single
# pixel 1 with padding 1 sees one 1 and eight zeros, so with the bias 0.5 it gives 1.5.


# %% tests="conv2d" points=5
def examples(rng):
    x, kernels, bias = rng.tensor(2, 2, 4, 5), rng.tensor(3, 2, 2, 3), rng.tensor(3)
    yield checks.example(conv2d, {"x": x, "kernels": kernels, "bias": bias, "stride": 2, "padding": 1})


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
    for stride, padding in ((2, 0), (1, 2), (3, 1), (4, 3)):
        got = conv2d(x, k, None, stride, padding)
        checks.close(got, F.conv2d(x, k, None, stride, padding), rtol=1e-4, atol=1e-5)
with checks.check("with everything, by name", hint="padding, then stride, then one bias for each output channel"):
    got = conv2d(x, k, bias=b, stride=2, padding=1)
    checks.close(got, F.conv2d(x, k, b, 2, 1), rtol=1e-4, atol=1e-5)
### END HIDDEN TESTS

# %% [markdown]
# Try yours on the photograph, with a clock beside it. Yours is right, and slow, because Python goes through the places
# one by one. **Predict:** how many times slower?

# %%
both_ways = torch.stack([upright, upright.T])[:, None]
start = time.perf_counter()
edges = conv2d(grey[None], both_ways, stride=2)
own = time.perf_counter() - start
start = time.perf_counter()
F.conv2d(grey[None], both_ways, stride=2)
print(f"yours {1000 * own:.1f} ms, torch {1000 * (time.perf_counter() - start):.2f} ms")
show(edges[0], ["upright edges, stride 2", "level edges, stride 2"], size=3, signed=True)

# %% [markdown]
# Nobody has to design the nine numbers: a gradient can find them. Take a picture and its upright edges, start with a
# kernel of noise, and let it learn what turns the one into the other. **Predict** what comes out.

# %%
wanted = F.conv2d(grey[None], upright[None, None])
torch.manual_seed(0)
kernel = torch.randn(1, 1, 3, 3, requires_grad=True)
opt = torch.optim.Adam([kernel], lr=0.2)
for _ in range(600):
    loss = F.mse_loss(F.conv2d(grey[None], kernel), wanted)
    opt.zero_grad()
    loss.backward()
    opt.step()
print(f"loss {loss.item():.6f}, learnt kernel:", kernel.detach()[0, 0].round(decimals=2), sep="\n")

# %% [markdown]
# ## 2 · Counting before computing
#
# Anyone who builds a network needs two numbers all the time: how large the result will be, and how many weights that
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
# what does not fill a whole step is lost. The kernel always fits in at least once.
#
# hint: Count for small cases first: a side of 5, a kernel of 3, stride 1 and 2, with and without padding.


# %% solution="out_size" promises="numbers"
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


# %% [markdown] explains="out_size"
# A kernel of 3 with dilation 2 lies on pixels 0, 2 and 4: two gaps of 2 and one more pixel, so `reach` is 5.
# `dilation * kernel` would say 6. It counts a gap behind the last pixel, where there is none: the same fence-post
# mistake as in counting places.
#
# The first place costs the whole reach. Each further one needs `stride` more pixels, and what is left over is lost,
# hence `//`, and + 1 for the first. With 28 pixels, a kernel of 5 and a stride of 5: $23 // 5 + 1 = 5$ places, at 0, 5,
# 10, 15, 20. Each kernel is as deep as the channels it sees, so eight of 5 × 5 in colour are $8 \cdot 3 \cdot 25 = 600$
# numbers, and the biases, one a *kernel*, make 608. With groups a kernel sees fewer inputs, and their number does not
# change. To keep the size with stride 1, the padding must give back reach − 1 pixels, half of them on each side.


# %% tests="out_size" points=4
def examples(rng):
    yield checks.example(out_size, {"side": 9, "kernel": 3})
    yield checks.example(count_parameters, {"in_channels": 2, "out_channels": 3, "kernel": 5})
    yield checks.example(same_padding, {"kernel": 5})


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
    for stride, kernel in ((1, 1), (1, 6), (2, 3), (2, 1), (3, 2), (4, 7), (5, 4), (7, 3)):
        side, padding, dilation = rng.integer(30, 40), (stride + kernel) % 4, 1 + (stride * kernel) % 4
        line = torch.zeros(1, 1, side)
        place = F.conv1d(line, torch.zeros(1, 1, kernel), stride=stride, padding=padding, dilation=dilation)
        checks.close(out_size(side, kernel, stride, padding, dilation), place.shape[-1])
with checks.check(
    "parameters of any layer; padding that keeps the size",
    hint="a group sees only its own inputs; dilation needs a wider frame",
):
    for groups, kernel in ((1, 2), (2, 3), (rng.integer(3, 4), 7)):
        inputs, outputs = groups * 3, groups * rng.integer(4, 5)
        layer = nn.Conv2d(inputs, outputs, kernel, groups=groups)
        checks.close(count_parameters(inputs, outputs, kernel, groups), sum(p.numel() for p in layer.parameters()))
        checks.close(count_parameters(inputs, outputs, kernel, groups, False), layer.weight.numel())
    for kernel in (1, 3, 5, 9):
        for spread in (1, 2, 3):
            padding = same_padding(kernel, spread)
            kept = F.conv1d(torch.zeros(1, 1, 40), torch.zeros(1, 1, kernel), padding=int(padding), dilation=spread)
            checks.close(padding, int(padding))
            checks.shape(kept, 1, 1, 40)
### END HIDDEN TESTS

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
# **Now you can** slide a kernel along a signal and across a picture, and count what a layer costs before you run it.
# *Further reading:* Dumoulin and Visin, *A guide to convolution arithmetic for deep learning* (2016); Zhang and others,
# *Dive into Deep Learning*, chapter 7; [PyTorch:
# Conv2d](https://pytorch.org/docs/stable/generated/torch.nn.Conv2d.html).
