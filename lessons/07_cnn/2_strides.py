# %% [markdown]
# ## 3 · The same without loops
#
# **In this part you will** write the fast convolution without loops, see a convolution in three disguises, make maps
# coarser by pooling, and find out how far a network sees.
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


# %% solution="conv2d_strided" promises="leaves-inputs, differentiable(x, kernels), tensor, by-hand(conv)"
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


def examples(rng):
    x, kernels = rng.tensor(2, 2, 5, 6), rng.tensor(3, 2, 2, 3)
    yield checks.example(conv2d_strided, {"x": x, "kernels": kernels, "stride": 2, "dilation": 1})


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
    for stride in (2, 3, 5):
        checks.close(conv2d_strided(x, k, stride), F.conv2d(x, k, stride=stride), rtol=1e-4, atol=1e-5)
with checks.check("dilation, also together with a stride", hint="the dilation lies between the pixels of a window"):
    for stride, dilation in ((1, 2), (2, 3), (3, 4)):
        got = conv2d_strided(x, k, stride=stride, dilation=dilation)
        checks.close(got, F.conv2d(x, k, stride=stride, dilation=dilation), rtol=1e-4, atol=1e-5)
with checks.check("pictures that lie otherwise in memory", hint="ask x for its strides; do not work them out yourself"):
    got = checks.on_student_side(on_a_turned_picture, conv2d_strided, x, k)
    checks.close(got, F.conv2d(x.transpose(2, 3)[:, :, 1:], k), rtol=1e-4, atol=1e-5)
### END HIDDEN TESTS

# %% [markdown]
# That is the idea behind many fast convolutions: turn windows into the rows of a table (*im2col*), and let one matrix
# product do the rest, because matrix products are what hardware does best. **Predict** before you look at the clock.

# %%
signals, several = torch.rand(8, 3, 32, 32), torch.rand(16, 3, 5, 5)
for name, function in (("two loops", conv2d), ("strides", conv2d_strided), ("torch", F.conv2d)):
    start = time.perf_counter()
    function(signals, several)
    print(f"{name:10}{1000 * (time.perf_counter() - start):8.1f} ms")

# %% [markdown]
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
# - `grouped` makes a convolution with groups from several without. You may call `F.conv2d`, with one group each time.
# - `pointwise` does what a 1 × 1 convolution does, without any convolution. `weight` has the shape (out, in). (Checks
#   see which operations of torch are used.)
# - `as_kernels` turns the weight (out, channels · height · width) of a dense layer that follows `flatten(1)` into
#   kernels.
#
# hint: `x.chunk(groups, dim=1)` cuts a tensor into equal parts along an axis. Which axis of the kernels has to be cut?


# %% solution="disguises" promises="leaves-inputs, differentiable(x, kernels, weight), tensor"
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
def examples(rng):
    yield checks.example(grouped, {"x": rng.tensor(1, 4, 4, 5), "kernels": rng.tensor(4, 2, 2, 3), "groups": 2})
    yield checks.example(pointwise, {"x": rng.tensor(2, 3, 2, 4), "weight": rng.tensor(2, 3)})
    weight = rng.tensor(3, 24)
    yield checks.example(as_kernels, {"weight": weight, "channels": 2, "height": 3, "width": 4})


def convolutions_in(function, *arguments):
    """The number of groups of each convolution that a call leads to, whatever spelling leads to it."""
    from torch.utils._python_dispatch import TorchDispatchMode

    found = []

    class Seen(TorchDispatchMode):
        def __torch_dispatch__(self, func, types, args=(), kwargs=None):
            if "convolution" in func.overloadpacket.__name__:
                found.append([given for given in args if type(given) is int][-1])
            return func(*args, **(kwargs or {}))

    with Seen():
        function(*arguments)
    return found


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
    for groups in (1, 5, 2, 3):
        x, k = rng.tensor(2, groups * 2, 5, 6), rng.tensor(groups * rng.integer(2, 3), 2, 3, 2)
        checks.close(grouped(x, k, groups), F.conv2d(x, k, groups=groups), rtol=1e-4, atol=1e-5)
    used = checks.on_student_side(convolutions_in, grouped, x, k, groups)
    checks.true(all(n == 1 for n in used), "it uses a convolution that has groups itself")
with checks.check("any 1 by 1 convolution", hint="batch, height and width stay as they are"):
    x, w = rng.tensor(3, 4, 5, 6), rng.tensor(rng.integer(2, 6), 4)
    checks.close(pointwise(x, w), F.conv2d(x, w[:, :, None, None]), rtol=1e-4, atol=1e-5)
    checks.equal(checks.on_student_side(convolutions_in, pointwise, x, w), [], what="the convolutions that it uses")
with checks.check("a dense layer as a convolution", hint="in which order did flatten put channel, row and column?"):
    x, w = rng.tensor(2, 3, 4, 5), rng.tensor(7, 60)
    kernels = as_kernels(w, 3, 4, 5)
    checks.shape(kernels, 7, 3, 4, 5)
    got = F.conv2d(x.double(), checks.doubles(kernels))[:, :, 0, 0]
    checks.close(got, F.linear(x.flatten(1), w), rtol=1e-4, atol=1e-5)
### END HIDDEN TESTS

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
# equals the kernel. Rows and columns that fill no whole window are left out. `max_pool` also takes a padding: a
# frame whose numbers never win against a real pixel, not even where all pixels are negative.
#
# hint: `F.pad` has an argument `value`. Which number is smaller than every other?


# %% solution="pooling" promises="leaves-inputs, differentiable(x), tensor, by-hand(pooling)"
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
def examples(rng):
    apart = rng.permutation(30).float().reshape(1, 1, 5, 6)  # no two alike, so that the largest stays the largest
    yield checks.example(max_pool, {"x": apart, "kernel": 3, "stride": 2, "padding": 1})
    yield checks.example(avg_pool, {"x": rng.tensor(2, 2, 4, 6), "kernel": 2, "stride": 3})


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
    for kernel, stride in ((1, None), (2, None), (3, None), (3, 2), (2, 3), (4, 1)):
        checks.close(max_pool(x, kernel, stride), F.max_pool2d(x, kernel, stride))
with checks.check("a padding never wins", hint="is zero small enough?"):
    for kernel, stride in ((3, 2), (5, 2), (2, None)):
        checks.close(max_pool(x - 9, kernel, stride, 1), F.max_pool2d(x - 9, kernel, stride, 1))
    deep = (x - 9) * 1e20
    checks.close(max_pool(deep, 5, 3, 2), F.max_pool2d(deep, 5, 3, 2))
with checks.check("mean of any window and stride", hint="the mean over both axes of the window"):
    for kernel, stride in ((2, None), (3, 2), (4, 1), (3, 5)):
        checks.close(avg_pool(x, kernel, stride), F.avg_pool2d(x, kernel, stride), rtol=1e-4, atol=1e-6)
### END HIDDEN TESTS

# %% [markdown]
# A dense layer at the end of a network needs a fixed number of inputs, so a network with fixed poolings takes pictures
# of *one* size only. **Adaptive** pooling turns this round: you say which size must come out, and it chooses the
# windows (`nn.AdaptiveMaxPool2d` and `nn.AdaptiveAvgPool2d` take the size as a pair). In the extreme one number is left
# for each channel, its mean over all pixels (**global average pooling**).
#
# The library einops lets you write such things as you would explain them. `"b c (h 2) (w 2) -> b c h w"` says: the
# rows are pairs, the columns are pairs, and the pairs go away. `Reduce` and `Rearrange` are its layers for
# `nn.Sequential`, from the module `einops.layers.torch`. Reduce must also be told *how* the axes go away (`"mean"`,
# `"max"`, `"sum"`); Rearrange loses none.
#
# ### Exercise: down to a fixed size
# difficulty 2/5 · 10 minutes · cards: adaptive-pooling, global-average-pooling, einops-layers
#
# Fill the blanks. Write the patterns with the letters b, c, h and w.
#
# - `fixed`: max pooling to (rows, columns), whatever comes in;
# - `mean`: global average pooling, to (batch, channels);
# - `halve`: max pooling by 2 in both directions (height and width are even), *and* flattened to (batch, channels · rows
#   · columns);
# - `flat`: flattened, nothing pooled.
#
# hint: What stands in brackets before the arrow is one axis made of two; `h 2` are pairs of neighbouring rows.


# %% solution="make_poolings" promises="leaves-inputs, differentiable(x)"
def make_poolings(rows: int, columns: int):
    """Four layers: fixed, mean, halve and flat."""
    from einops.layers.torch import Rearrange, Reduce

    fixed = nn.AdaptiveMaxPool2d((rows, columns))  # ? AdaptiveMaxPool2d | (rows, columns)
    mean = Reduce("b c h w -> b c", "mean")  # ? "b c h w -> b c" | "mean"
    halve = Reduce("b c (h 2) (w 2) -> b (c h w)", "max")  # ? Reduce | "b c (h 2) (w 2) -> b (c h w)" | "max"
    flat = Rearrange("b c h w -> b (c h w)")  # ? Rearrange@1 | "b c h w -> b (c h w)"
    return fixed, mean, halve, flat


# %% tests="make_poolings" points=5
def examples(rng):
    apart = rng.permutation(32).float().reshape(1, 2, 4, 4)  # no two alike, so that the largest stays the largest
    for layer in make_poolings(2, 2):
        yield checks.example(layer, {"x": apart})


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


sums, means = nn.Conv2d(1, 1, 3), nn.AvgPool2d(2)
nn.init.ones_(sums.weight)
towers = {"one conv": [sums], "three convs": [sums] * 3, "conv, pool, conv, pool, conv": [sums, means] * 2 + [sums]}
show([footprint(*layers) for layers in towers.values()], list(towers), size=2.5, signed=True)

# %% [markdown]
# The bright centre is no mistake: many ways lead from the middle of the patch to the output, and few from its corners.
#
# ### Exercise: sizes forwards and backwards
# difficulty 3/5 · 12 minutes · cards: receptive-field, size-backwards
#
# A network is a list of layers, each given as (kernel, stride, padding); convolutions and poolings count alike.
#
# - `receptive_field(layers)`: from the first to the last pixel that one output has seen, both included, how many are
#   they along one side (edges of the picture aside)? Keep two numbers while you walk through the layers: the field so
#   far, and the *jump*, which says how far apart in the picture two neighbours of the present map lie.
# - `input_size(layers, wanted)`: the smallest side of a picture that comes out with side `wanted`. Each kernel is larger
#   than its padding on both sides together.
#
# An example for the second: three 3 × 3 convolutions with padding 1 and two poolings by 2 (one after each of the first
# two convolutions) stand before a dense layer that expects 28 × 28 features. Which pictures does that network take, and
# how far does one of its features see?
#
# hint: A kernel of 3 adds two more neighbours. How far away in the picture is each of them?
#
# hint: For sizes, walk backwards: `wanted` places of a kernel, `stride` apart, cover how many pixels? Some of them
# may be padding.


# %% solution="receptive_field" promises="leaves-inputs, numbers"
def receptive_field(layers: list[tuple[int, int, int]]) -> int:
    """How many pixels there are along one side from the first to the last that one output has seen."""
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
def examples(rng):
    layers = [(3, 1, 1), (2, 2, 0)]
    yield checks.example(receptive_field, {"layers": layers})
    yield checks.example(input_size, {"layers": layers, "wanted": 5})


def seen_by_one(layers):
    """The receptive field, found by pushing a gradient back through layers of ones."""
    x = torch.zeros(1, 1, 800, requires_grad=True)
    y = x
    for kernel, stride, _ in layers:
        y = F.conv1d(y, torch.ones(1, 1, kernel), stride=stride)
    y[0, 0, 2].backward()
    seen = torch.nonzero(x.grad[0, 0])
    return int(seen.max() - seen.min()) + 1


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
    for layers in ([(5, 2, 1), (3, 3, 0), (4, 2, 1)], [(1, 2, 0), (3, 1, 1)], [(2, 4, 0), (3, 3, 1), (2, 1, 0)], []):
        checks.close(receptive_field([*layers]), seen_by_one(layers))
    checks.close(receptive_field([(3, 3, 1)] * 9), 3**9)
with checks.check("the smallest picture for any layers", hint="padding is on both sides; start from the last layer"):
    for _ in range(4):
        layers = [(rng.integer(4, 6), rng.integer(1, 3), rng.integer(0, 1)) for _ in range(3)]
        wanted = rng.integer(3, 9)
        checks.close(input_size([*layers], wanted), next(n for n in range(900) if forwards(layers, n) == wanted))
    for layers in ([(5, 3, 1), (6, 2, 2), (4, 1, 1)], [(1, 2, 0), (3, 1, 1)], [(7, 2, 3), (1, 3, 0), (2, 5, 0)]):
        for wanted in (1, 6):
            side = next(n for n in range(1, 900) if forwards(layers, n) == wanted)
            checks.close(input_size([*layers], wanted), side)
    large = [(3, 4, 1), (5, 5, 2), (2, 3, 0)]
    side = next(n for n in range(1, 20_000) if forwards(large, n) == 200)
    checks.close(input_size([*large], 200), side)
### END HIDDEN TESTS

# %%
layers = [(3, 1, 1), (2, 2, 0), (3, 1, 1), (2, 2, 0), (3, 1, 1)]
print("the network of the exercise takes", input_size(layers, 28), "pixels a side;")
print("one of its 28 × 28 features sees", receptive_field(layers))

# %% [markdown]
# Three convolutions of 3 × 3 see as far as one of 7 × 7, with 27 weights a channel pair instead of 49, and with two
# more activations in between. That is why networks after 2014 were built of small kernels. (Since 2022 some use 7 × 7
# and larger ones again, mostly depthwise, where they are cheap.)
#
# **Now you can** turn loops into one matrix product, recognise a convolution in other clothes, pool, and say how much
# of a picture one number has seen. *Further reading:* Araujo, Norris and Sim, *Computing Receptive Fields of Convolutional
# Neural Networks* (Distill, 2019); [einops](https://einops.rocks); [PyTorch:
# as_strided](https://pytorch.org/docs/stable/generated/torch.as_strided.html).
