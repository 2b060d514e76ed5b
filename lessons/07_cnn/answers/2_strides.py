# Answers to the exercises of 2_strides.py, right and wrong: what `course audit` grades. No student sees them.

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
    return F.pad(x, (padding,) * 4).unfold(2, kernel, stride).unfold(3, kernel, stride).amax(dim=(-1, -2))


def avg_pool(x, kernel, stride=None):
    stride = kernel if stride is None else stride
    return x.unfold(2, kernel, stride).unfold(3, kernel, stride).mean(dim=(-1, -2))


# %% wrong="pooling: stride 1 by default"
def max_pool(x, kernel, stride=1, padding=0):
    stride = kernel if stride is None else stride
    x = F.pad(x, (padding,) * 4, value=-torch.inf)
    return x.unfold(2, kernel, stride).unfold(3, kernel, stride).amax(dim=(-1, -2))


def avg_pool(x, kernel, stride=1):
    stride = kernel if stride is None else stride
    return x.unfold(2, kernel, stride).unfold(3, kernel, stride).mean(dim=(-1, -2))


# %% wrong="pooling: also over the channels"
def max_pool(x, kernel, stride=None, padding=0):
    stride = kernel if stride is None else stride
    x = F.pad(x, (padding,) * 4, value=-torch.inf)
    return x.unfold(2, kernel, stride).unfold(3, kernel, stride).amax(dim=(-1, -2)).amax(dim=1, keepdim=True)


def avg_pool(x, kernel, stride=None):
    stride = kernel if stride is None else stride
    return x.unfold(2, kernel, stride).unfold(3, kernel, stride).mean(dim=(-1, -2))


# %% wrong="pooling: a sum instead of a mean"
def max_pool(x, kernel, stride=None, padding=0):
    stride = kernel if stride is None else stride
    x = F.pad(x, (padding,) * 4, value=-torch.inf)
    return x.unfold(2, kernel, stride).unfold(3, kernel, stride).amax(dim=(-1, -2))


def avg_pool(x, kernel, stride=None):
    stride = kernel if stride is None else stride
    return x.unfold(2, kernel, stride).unfold(3, kernel, stride).sum(dim=(-1, -2))


# %% wrong="pooling: keeps windows that are not whole"
def max_pool(x, kernel, stride=None, padding=0):
    stride = kernel if stride is None else stride
    more = [-(side + 2 * padding - kernel) % stride for side in x.shape[2:]]
    x = F.pad(x, (padding, padding + more[1], padding, padding + more[0]), value=-torch.inf)
    return x.unfold(2, kernel, stride).unfold(3, kernel, stride).amax(dim=(-1, -2))


def avg_pool(x, kernel, stride=None):
    stride = kernel if stride is None else stride
    return x.unfold(2, kernel, stride).unfold(3, kernel, stride).mean(dim=(-1, -2))


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
    return total


def input_size(layers, wanted):
    if not layers:
        return wanted
    *before, (kernel, stride, padding) = layers
    return input_size(before, stride * (wanted - 1) + kernel - 2 * padding)


# %% wrong="receptive_field: takes the list apart"
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


# %% wrong="conv2d_strided: the library's"
def conv2d_strided(x, kernels, stride=1, dilation=1):
    return F.conv2d(x, kernels, stride=stride, dilation=dilation)


# %% wrong="conv2d_strided: windows cut off from the graph"
def conv2d_strided(x, kernels, stride=1, dilation=1):
    batch, channels, height, width = x.shape
    kh, kw = kernels.shape[2:]
    rows, columns = places(height, kh, stride, dilation), places(width, kw, stride, dilation)
    b, c, h, w = x.stride()
    step = (b, c, h * stride, w * stride, h * dilation, w * dilation)
    windows = x.detach().as_strided((batch, channels, rows, columns, kh, kw), step)
    return torch.einsum("bcrsij,ocij->bors", windows, kernels)


# %% wrong="disguises: the library's groups"
def grouped(x, kernels, groups):
    return F.conv2d(x, kernels, groups=groups)


def pointwise(x, weight):
    return torch.einsum("bchw,oc->bohw", x, weight)


def as_kernels(weight, channels, height, width):
    return weight.reshape(-1, channels, height, width)


# %% wrong="disguises: pointwise by a convolution"
def grouped(x, kernels, groups):
    return torch.cat([F.conv2d(a, k) for a, k in zip(x.chunk(groups, 1), kernels.chunk(groups), strict=True)], 1)


def pointwise(x, weight):
    return F.conv2d(x, weight[:, :, None, None])


def as_kernels(weight, channels, height, width):
    return weight.reshape(-1, channels, height, width)


# %% wrong="disguises: pointwise by a convolution along a line"
def grouped(x, kernels, groups):
    return torch.cat([F.conv2d(a, k) for a, k in zip(x.chunk(groups, 1), kernels.chunk(groups), strict=True)], 1)


def pointwise(x, weight):
    return F.conv1d(x.flatten(2), weight[..., None]).unflatten(2, x.shape[2:])


def as_kernels(weight, channels, height, width):
    return weight.reshape(-1, channels, height, width)


# %% wrong="pooling: the library's"
def max_pool(x, kernel, stride=None, padding=0):
    return F.max_pool2d(x, kernel, stride, padding)


def avg_pool(x, kernel, stride=None):
    return F.avg_pool2d(x, kernel, stride)


# %% wrong="pooling: pads with minus a hundred"
def max_pool(x, kernel, stride=None, padding=0):
    stride = kernel if stride is None else stride
    x = F.pad(x, (padding,) * 4, value=-100.0)
    return x.unfold(2, kernel, stride).unfold(3, kernel, stride).amax(dim=(-1, -2))


def avg_pool(x, kernel, stride=None):
    stride = kernel if stride is None else stride
    return x.unfold(2, kernel, stride).unfold(3, kernel, stride).mean(dim=(-1, -2))


# %% wrong="pooling: pads with minus a billion"
def max_pool(x, kernel, stride=None, padding=0):
    stride = kernel if stride is None else stride
    x = F.pad(x, (padding,) * 4, value=-1e9)
    return x.unfold(2, kernel, stride).unfold(3, kernel, stride).amax(dim=(-1, -2))


def avg_pool(x, kernel, stride=None):
    stride = kernel if stride is None else stride
    return x.unfold(2, kernel, stride).unfold(3, kernel, stride).mean(dim=(-1, -2))


# %% right="pooling: pads with the smallest float"
def max_pool(x, kernel, stride=None, padding=0):
    stride = kernel if stride is None else stride
    x = F.pad(x, (padding,) * 4, value=torch.finfo(x.dtype).min)
    return x.unfold(2, kernel, stride).unfold(3, kernel, stride).amax(dim=(-1, -2))


def avg_pool(x, kernel, stride=None):
    stride = kernel if stride is None else stride
    return x.unfold(2, kernel, stride).unfold(3, kernel, stride).mean(dim=(-1, -2))


# %% wrong="pooling: detached"
def max_pool(x, kernel, stride=None, padding=0):
    stride = kernel if stride is None else stride
    x = F.pad(x, (padding,) * 4, value=-torch.inf)
    return x.detach().unfold(2, kernel, stride).unfold(3, kernel, stride).amax(dim=(-1, -2))


def avg_pool(x, kernel, stride=None):
    stride = kernel if stride is None else stride
    return x.detach().unfold(2, kernel, stride).unfold(3, kernel, stride).mean(dim=(-1, -2))


# %% wrong="receptive_field: kernels at least as wide as the stride"
def receptive_field(layers):
    field, jump = 1, 1
    for kernel, stride, _ in layers:
        field += (kernel - 1) * jump
        jump *= stride
    return field


def input_size(layers, wanted):
    for kernel, stride, padding in reversed(layers):
        wanted = (wanted - 1) * stride + max(kernel, stride) - 2 * padding
    return wanted


# %% wrong="receptive_field: as a tensor"
def receptive_field(layers):
    field, jump = 1, 1
    for kernel, stride, _ in layers:
        field += (kernel - 1) * jump
        jump *= stride
    return torch.tensor(field)


def input_size(layers, wanted):
    for kernel, stride, padding in reversed(layers):
        wanted = (wanted - 1) * stride + kernel - 2 * padding
    return wanted


# %% wrong="receptive_field: tries sides up to a thousand"
def receptive_field(layers: list[tuple[int, int, int]]) -> int:
    field, jump = 1, 1
    for kernel, stride, _ in layers:
        field, jump = field + (kernel - 1) * jump, jump * stride
    return field


def input_size(layers: list[tuple[int, int, int]], wanted: int) -> int:
    def forwards(side):
        for kernel, stride, padding in layers:
            side = (side + 2 * padding - kernel) // stride + 1
        return side

    return next((side for side in range(1, 1000) if forwards(side) == wanted), 0)


# %% wrong="disguises: up to three groups"
def grouped(x: torch.Tensor, kernels: torch.Tensor, groups: int) -> torch.Tensor:
    groups = min(groups, 3)
    return torch.cat(list(map(F.conv2d, x.chunk(groups, dim=1), kernels.chunk(groups))), dim=1)


def pointwise(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    return torch.einsum("bchw,oc->bohw", x, weight)


def as_kernels(weight: torch.Tensor, channels: int, height: int, width: int) -> torch.Tensor:
    return weight.reshape(-1, channels, height, width)


# %% [markdown] explains="conv2d_strided"
# All six axes walk through the same memory. One place further down is `stride` rows further, and a row costs `h`
# numbers: `h * stride`. One pixel further down *within* a window is `dilation` rows: `h * dilation`. So both live in
# the same tuple of steps and never meet, which is why stride and dilation can be combined freely. Swap them, and
# everything still works as long as both are 1.
#
# Ask `x` for its strides. Whoever writes `(channels * height * width, height * width, width, 1)` assumes that the
# picture lies in memory row by row; a transposed picture or a cropped one does not, and `as_strided` reads without
# complaint whatever lies there. In `"bcrsij,ocij->bors"` the letters c, i and j are missing on the right, so they are
# added up: products of all channels and all pixels of the window. Nothing was copied before that line, and all of the
# arithmetic is one product.

# %% [markdown] explains="disguises"
# Groups cut two things: the channels that come in, and the *kernels*, which are the channels that go out. The first
# part of the one meets the first part of the other, and the results stand beside each other again. They are not added,
# since they are different output channels. Cut into neighbouring pieces (`chunk`); dealing channels out in turn like
# cards makes other groups.
#
# `pointwise`: for each pixel, outputs are mixes of its channels, with one row of `weight` for each output.
# `x @ weight.T` would mix the last axis, which is the width. `einsum` names the axes, so nothing has to be moved.
# `as_kernels` is only a `reshape`, because `flatten(1)` writes channel after channel, in each row after row, and the
# dense layer's weights stand in exactly this order. This is how a classifier with dense layers becomes one that can be
# slid over a large photograph.

# %% [markdown] explains="pooling"
# `unfold(2, kernel, stride)` cuts axis 2 into windows, whose pixels come as a new last axis. Twice, and both window
# axes stand at the end, where `flatten(4)` joins them; windows that are not whole never appear. Channels are axis 1 and
# stay out of it.
#
# The frame of `max_pool` must lose against everything. Zero wins wherever all pixels are negative. A number far below
# zero, such as −1000, only moves the mistake to where your test does not look. Minus infinity is smaller than every
# number by definition. (A *mean* it would spoil at once, so `avg_pool` has no such frame.) Ask `stride is None`: no
# stride means "as wide as the window", and that is not the same as a stride of 1.

# %% [markdown] explains="make_poolings"
# A layer that must give a fixed size chooses its windows by the picture. Seven rows for three results: 0 to 2, 2 to 4,
# 4 to 6, overlapping where it does not come out even. No fixed kernel and stride would do that for every size.
#
# In a pattern, brackets are one axis made of several, and the *last* one in the brackets runs fastest. So `(h 2)` are
# pairs of neighbours, while `(2 h)` would pair row 0 with the row half a picture further down: the shapes are the same,
# and the result is nonsense. Letters or numbers that are gone on the right are reduced, here by `"max"`. `(c h w)` in
# this order is what `flatten(1)` does. With `(h w c)` every number would be there, in another place, and a dense layer
# with weights from elsewhere would read the wrong ones.

# %% [markdown] explains="receptive_field"
# A layer's kernel adds `kernel - 1` neighbours, and each of them lies `jump` pixels away in the picture. Its own stride
# matters only for what comes *after* it, because it decides how far apart this layer's outputs lie: so first the field,
# then the jump. Jumps multiply. Padding changes the size of the map and not how far one number sees.
#
# For the network of the exercise: 3, then 4 (jump 2), then $4 + 2 \cdot 2 = 8$, then 10 (jump 4), then
# $10 + 2 \cdot 4 = 18$ pixels. Backwards, `wanted` places cover `(wanted - 1) * stride + kernel` pixels. The padding
# provides some of them, on both sides. `wanted * stride` is right only where kernel and stride are equal, as in most
# poolings. From 28 one gets 28, 56, 56, 112, 112, and the list has to be walked from its end.
