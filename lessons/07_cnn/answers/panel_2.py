# Answers by a panel that read only the released notebook: what `course audit` grades and counts apart. No student sees them.

# %% right="pad2d: blanks filled in another way, slices counted from the far end"
def pad2d(x, left: int, right: int, top: int, bottom: int, value: float = 0.0) -> torch.Tensor:
    """Pictures (batch, channels, height, width) with a frame of `value` around each."""
    batch, channels, height, width = x.shape
    rows, columns = top + height + bottom, left + width + right
    padded = x.new_full((batch, channels, rows, columns), value)
    padded[..., top : rows - bottom, left : columns - right] = x
    return padded


# %% right="pad2d: torch.full with dtype and device, narrow twice, copy_"
def pad2d(x, left: int, right: int, top: int, bottom: int, value: float = 0.0) -> torch.Tensor:
    h, w = x.shape[-2:]
    size = [*x.shape[:2], h + top + bottom, w + left + right]
    canvas = torch.full(size, value, dtype=x.dtype, device=x.device)
    canvas.narrow(2, top, h).narrow(3, left, w).copy_(x)
    return canvas


# %% right="pad2d: strips of value joined to the picture by torch.cat, columns first, then rows"
def strip_like(x, axis, thickness, value):
    size = list(x.shape)
    size[axis] = thickness
    return x.new_full(size, value)


def pad2d(x, left: int, right: int, top: int, bottom: int, value: float = 0.0) -> torch.Tensor:
    for axis, before, after in ((3, left, right), (2, top, bottom)):
        x = torch.cat([strip_like(x, axis, before, value), x, strip_like(x, axis, after, value)], dim=axis)
    return x


# %% wrong="pad2d: value is ignored, frame always 0; breaks: filled with value everywhere, seen with value=7.0"
def pad2d(x, left: int, right: int, top: int, bottom: int, value: float = 0.0) -> torch.Tensor:
    batch, channels, height, width = x.shape
    rows, columns = height + top + bottom, width + left + right
    padded = x.new_zeros((batch, channels, rows, columns))
    padded[..., top : top + height, left : left + width] = x
    return padded


# %% wrong="pad2d: default dtype instead of that of x; breaks: of the same dtype as x, seen with an integer or float64 picture"
def pad2d(x, left: int, right: int, top: int, bottom: int, value: float = 0.0) -> torch.Tensor:
    batch, channels, height, width = x.shape
    rows, columns = height + top + bottom, width + left + right
    padded = torch.full((batch, channels, rows, columns), float(value))
    padded[..., top : top + height, left : left + width] = x
    return padded


# %% wrong="pad2d: all pictures become the first one; breaks: Pictures with a frame around EACH, seen with a batch of 2 different pictures"
def pad2d(x, left: int, right: int, top: int, bottom: int, value: float = 0.0) -> torch.Tensor:
    batch, channels, height, width = x.shape
    rows, columns = height + top + bottom, width + left + right
    padded = x.new_full((batch, channels, rows, columns), value)
    padded[..., top : top + height, left : left + width] = x[0]
    return padded


# %% wrong="pad2d: pads x - value by zeros and adds value again; breaks: filled with value everywhere, seen with value=-inf (picture becomes nan)"
def pad2d(x, left: int, right: int, top: int, bottom: int, value: float = 0.0) -> torch.Tensor:
    batch, channels, height, width = x.shape
    rows, columns = height + top + bottom, width + left + right
    padded = x.new_full((batch, channels, rows, columns), 0)
    padded[..., top : top + height, left : left + width] = x - value
    return padded + value


# %% wrong="pad2d: one channel only; breaks: Pictures (batch, channels, height, width), seen with 3 channels (raises or loses two)"
def pad2d(x, left: int, right: int, top: int, bottom: int, value: float = 0.0) -> torch.Tensor:
    batch, channels, height, width = x.shape
    rows, columns = height + top + bottom, width + left + right
    padded = x.new_full((batch, 1, rows, columns), value)
    padded[..., top : top + height, left : left + width] = x[:, :1]
    return padded


# %% right="conv1d: list of windows times kernels with extra axes, cat at the end, also for no place at all"
def conv1d(signal: torch.Tensor, kernels: torch.Tensor, stride: int = 1) -> torch.Tensor:
    """(batch, in_channels, width) and (out_channels, in_channels, size) to (batch, out_channels, places)."""
    width, size = signal.shape[-1], kernels.shape[-1]
    columns = [signal.new_empty(signal.shape[0], kernels.shape[0], 0)]
    for start in range(0, width - size + 1, stride):
        window = signal[:, None, :, start : start + size]
        columns.append((window * kernels[None]).sum(dim=(2, 3))[..., None])
    return torch.cat(columns, dim=2)


# %% right="conv1d: result filled place by place with a matrix product of flattened windows"
def conv1d(signal: torch.Tensor, kernels: torch.Tensor, stride: int = 1) -> torch.Tensor:
    batch, _, width = signal.shape
    out, _, size = kernels.shape
    places = max(0, (width - size) // stride + 1)
    table = kernels.flatten(1).t()
    result = torch.zeros(batch, out, places, dtype=torch.result_type(signal, kernels), device=signal.device)
    for p in range(places):
        result[:, :, p] = signal[:, :, p * stride : p * stride + size].reshape(batch, -1) @ table
    return result


# %% right="conv1d: tensor.unfold makes all windows, tensordot multiplies and adds"
def conv1d(signal: torch.Tensor, kernels: torch.Tensor, stride: int = 1) -> torch.Tensor:
    size = kernels.size(2)
    if signal.size(2) < size:
        return signal.new_zeros(signal.size(0), kernels.size(0), 0)
    windows = signal.unfold(2, size, stride)  # (batch, in, places, size)
    return torch.tensordot(windows, kernels, dims=([1, 3], [1, 2])).transpose(1, 2)


# %% wrong="conv1d: places = (width - size + 1) // stride; breaks: as many places as the kernel fits in, seen with width 5, size 3, stride 2 (one place, not two)"
def conv1d(signal: torch.Tensor, kernels: torch.Tensor, stride: int = 1) -> torch.Tensor:
    size = kernels.shape[2]
    places = (signal.shape[2] - size + 1) // stride
    columns = []
    for p in range(places):
        window = signal[:, None, :, p * stride : p * stride + size]
        columns.append((window * kernels).sum(dim=(2, 3)))
    return torch.stack(columns, dim=2)


# %% wrong="conv1d: number of places right, but the window moves by one; breaks: the stride says how far the kernel moves, seen with stride 2"
def conv1d(signal: torch.Tensor, kernels: torch.Tensor, stride: int = 1) -> torch.Tensor:
    size = kernels.shape[2]
    places = (signal.shape[2] - size) // stride + 1
    columns = [torch.einsum("bcs,ocs->bo", signal[:, :, p : p + size], kernels) for p in range(places)]
    return torch.stack(columns, dim=2)


# %% wrong="conv1d: batch and output channels confused by broadcasting; breaks: result (batch, out_channels, places), seen with batch 2 and 2 different kernels (wrong values), batch 3 and 2 kernels (raises)"
def conv1d(signal: torch.Tensor, kernels: torch.Tensor, stride: int = 1) -> torch.Tensor:
    size = kernels.shape[2]
    places = (signal.shape[2] - size) // stride + 1
    result = signal.new_zeros(signal.shape[0], kernels.shape[0], places)
    for p in range(places):
        window = signal[:, :, p * stride : p * stride + size]
        result[:, :, p] = (window * kernels).sum(dim=(1, 2))
    return result


# %% wrong="conv1d: a last window that hangs over the end is filled up by zeros; breaks: If the end does not fill a whole kernel, it is left out, seen with width 6, size 3, stride 2"
def conv1d(signal: torch.Tensor, kernels: torch.Tensor, stride: int = 1) -> torch.Tensor:
    size = kernels.shape[2]
    places = -((size - signal.shape[2]) // stride) + 1
    longer = F.pad(signal, (0, size))
    columns = []
    for p in range(places):
        window = longer[:, None, :, p * stride : p * stride + size]
        columns.append((window * kernels).sum(dim=(2, 3)))
    return torch.stack(columns, dim=2)


# %% wrong="conv1d: stride is used inside the window (dilation) and not between places; breaks: The stride says how far the kernel moves each time, seen with stride 2"
def conv1d(signal: torch.Tensor, kernels: torch.Tensor, stride: int = 1) -> torch.Tensor:
    size = kernels.shape[2]
    reach = (size - 1) * stride + 1
    columns = []
    for p in range(signal.shape[2] - reach + 1):
        window = signal[:, None, :, p : p + reach : stride]
        columns.append((window * kernels).sum(dim=(2, 3)))
    return torch.stack(columns, dim=2)


# %% right="conv2d: nested comprehension over places, stacked twice"
def conv2d(x, kernels, bias=None, stride: int = 1, padding: int = 0) -> torch.Tensor:
    """(batch, in, height, width) and kernels (out, in, kh, kw) to (batch, out, rows, columns)."""
    x = F.pad(x, [padding] * 4)
    kh, kw = kernels.shape[-2:]

    def at(top, left):
        return torch.einsum("bchw,ochw->bo", x[..., top : top + kh, left : left + kw], kernels)

    rows = [
        torch.stack([at(top, left) for left in range(0, x.shape[3] - kw + 1, stride)], dim=-1)
        for top in range(0, x.shape[2] - kh + 1, stride)
    ]
    result = torch.stack(rows, dim=2)
    return result if bias is None else result + bias.reshape(-1, 1, 1)


# %% right="conv2d: im2col by F.unfold and one matrix product"
def conv2d(x, kernels, bias=None, stride: int = 1, padding: int = 0) -> torch.Tensor:
    batch, _, height, width = x.shape
    out, _, kh, kw = kernels.shape
    rows = (height + 2 * padding - kh) // stride + 1
    columns = (width + 2 * padding - kw) // stride + 1
    patches = F.unfold(x, (kh, kw), padding=padding, stride=stride)  # (batch, in * kh * kw, rows * columns)
    result = kernels.reshape(out, -1) @ patches
    if bias is not None:
        result = result + bias[:, None]
    return result.reshape(batch, out, rows, columns)


# %% right="conv2d: loop over the kernel's own numbers instead of places, shifted and strided slices are added up"
def conv2d(x, kernels, bias=None, stride: int = 1, padding: int = 0) -> torch.Tensor:
    p = padding
    height, width = x.shape[2] + 2 * p, x.shape[3] + 2 * p
    framed = x.new_zeros(x.shape[0], x.shape[1], height, width)
    framed[:, :, p : height - p, p : width - p] = x
    kh, kw = kernels.shape[2:]
    rows, columns = (height - kh) // stride + 1, (width - kw) // stride + 1
    total = 0
    for i in range(kh):
        for j in range(kw):
            seen = framed[:, :, i : i + stride * (rows - 1) + 1 : stride, j : j + stride * (columns - 1) + 1 : stride]
            total = total + torch.einsum("bcrs,oc->bors", seen, kernels[:, :, i, j])
    if bias is not None:
        total = total + bias[None, :, None, None]
    return total


# %% wrong="conv2d: number of columns from the kernel's height; breaks: (batch, out, rows, columns) as many as the kernel fits in, seen with a kernel 3 x 2 and stride 1 (a column is missing) or 2 x 3 (raises)"
def conv2d(x, kernels, bias=None, stride: int = 1, padding: int = 0) -> torch.Tensor:
    x = F.pad(x, (padding, padding, padding, padding))
    kh, kw = kernels.shape[2:]
    rows = (x.shape[2] - kh) // stride + 1
    columns = (x.shape[3] - kh) // stride + 1
    result = x.new_zeros(x.shape[0], kernels.shape[0], rows, columns)
    for i in range(rows):
        for j in range(columns):
            window = x[:, None, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
            result[:, :, i, j] = (window * kernels).sum(dim=(2, 3, 4))
    return result if bias is None else result + bias[:, None, None]


# %% wrong="conv2d: stride moves the window down but not to the right; breaks: stride in both directions, seen with stride 2"
def conv2d(x, kernels, bias=None, stride: int = 1, padding: int = 0) -> torch.Tensor:
    x = F.pad(x, (padding, padding, padding, padding))
    kh, kw = kernels.shape[2:]
    rows = (x.shape[2] - kh) // stride + 1
    columns = (x.shape[3] - kw) // stride + 1
    result = x.new_zeros(x.shape[0], kernels.shape[0], rows, columns)
    for i in range(rows):
        for j in range(columns):
            window = x[:, None, :, i * stride : i * stride + kh, j : j + kw]
            result[:, :, i, j] = (window * kernels).sum(dim=(2, 3, 4))
    return result if bias is None else result + bias[:, None, None]


# %% wrong="conv2d: mean over the input channels; breaks: the products of all channels go into one sum, seen with 2 input channels"
def conv2d(x, kernels, bias=None, stride: int = 1, padding: int = 0) -> torch.Tensor:
    x = F.pad(x, (padding, padding, padding, padding))
    kh, kw = kernels.shape[2:]
    rows = (x.shape[2] - kh) // stride + 1
    columns = (x.shape[3] - kw) // stride + 1
    result = x.new_zeros(x.shape[0], kernels.shape[0], rows, columns)
    for i in range(rows):
        for j in range(columns):
            window = x[:, None, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
            result[:, :, i, j] = (window * kernels).sum(dim=(3, 4)).mean(dim=2)
    return result if bias is None else result + bias[:, None, None]


# %% wrong="conv2d: last place is missed with a stride; breaks: all places where the kernel fits, seen with 5 x 5 picture, kernel 3, stride 2 (1 x 1 and not 2 x 2)"
def conv2d(x, kernels, bias=None, stride: int = 1, padding: int = 0) -> torch.Tensor:
    x = F.pad(x, (padding, padding, padding, padding))
    kh, kw = kernels.shape[2:]
    rows = (x.shape[2] - kh + 1) // stride
    columns = (x.shape[3] - kw + 1) // stride
    result = x.new_zeros(x.shape[0], kernels.shape[0], rows, columns)
    for i in range(rows):
        for j in range(columns):
            window = x[:, None, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
            result[:, :, i, j] = (window * kernels).sum(dim=(2, 3, 4))
    return result if bias is None else result + bias[:, None, None]


# %% wrong="conv2d: bias goes in as plain numbers; breaks: gradients flow back to x, kernels and bias, seen with bias.grad"
def conv2d(x, kernels, bias=None, stride: int = 1, padding: int = 0) -> torch.Tensor:
    x = F.pad(x, (padding, padding, padding, padding))
    kh, kw = kernels.shape[2:]
    rows = (x.shape[2] - kh) // stride + 1
    columns = (x.shape[3] - kw) // stride + 1
    result = x.new_zeros(x.shape[0], kernels.shape[0], rows, columns)
    for o in range(kernels.shape[0]):
        b = 0.0 if bias is None else float(bias[o])
        for i in range(rows):
            for j in range(columns):
                window = x[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
                result[:, o, i, j] = (window * kernels[o]).sum(dim=(1, 2, 3)) + b
    return result


# %% right="out_size: blanks filled"
def out_size(side: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """How many places a kernel finds along one side of a picture."""
    reach = dilation * (kernel - 1) + 1
    return (side + 2 * padding - reach) // stride + 1


def count_parameters(in_channels: int, out_channels: int, kernel: int, groups: int = 1, bias: bool = True) -> int:
    """How many numbers nn.Conv2d learns with square kernels of this size."""
    weights = out_channels * (in_channels // groups) * kernel**2
    return weights + out_channels if bias else weights


def same_padding(kernel: int, dilation: int = 1) -> int:
    """The padding by which a kernel of odd size with stride 1 keeps the size of the picture."""
    return dilation * (kernel - 1) // 2


# %% right="out_size: places counted with len(range), parameters counted on a real layer without memory, half the reach"
def out_size(side: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    last_start = side + 2 * padding - (dilation * (kernel - 1) + 1)
    return len(range(0, last_start + 1, stride))


def count_parameters(in_channels: int, out_channels: int, kernel: int, groups: int = 1, bias: bool = True) -> int:
    layer = nn.Conv2d(in_channels, out_channels, kernel, groups=groups, bias=bias, device="meta")
    return sum(p.numel() for p in layer.parameters())


def same_padding(kernel: int, dilation: int = 1) -> int:
    half = kernel // 2
    return sum(dilation for _ in range(half))


# %% right="out_size: divmod, products over a shape, helper for the reach"
from math import prod


def _reach(kernel, dilation):
    return kernel + (kernel - 1) * (dilation - 1)


def out_size(side: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    steps, _ = divmod(side + padding + padding - _reach(kernel, dilation), stride)
    return steps + 1


def count_parameters(in_channels: int, out_channels: int, kernel: int, groups: int = 1, bias: bool = True) -> int:
    return prod((out_channels, in_channels // groups, kernel, kernel)) + int(bool(bias)) * out_channels


def same_padding(kernel: int, dilation: int = 1) -> int:
    return (_reach(kernel, dilation) - 1) // 2


# %% wrong="out_size: padding counted on one side only; breaks: How many places a kernel finds (padding is a frame on all sides), seen with out_size(28, 5, padding=2) = 26 and not 28"
def out_size(side: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    reach = dilation * (kernel - 1) + 1
    return (side + padding - reach) // stride + 1


def count_parameters(in_channels: int, out_channels: int, kernel: int, groups: int = 1, bias: bool = True) -> int:
    weights = out_channels * (in_channels // groups) * kernel**2
    return weights + out_channels if bias else weights


def same_padding(kernel: int, dilation: int = 1) -> int:
    return dilation * (kernel - 1) // 2


# %% wrong="out_size: reach = dilation * kernel; breaks: with dilation 2 three numbers reach over five pixels, seen with out_size(9, 3, dilation=2)"
def out_size(side: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    reach = dilation * (kernel - 1 + 1)
    return (side + 2 * padding - reach) // stride + 1


def count_parameters(in_channels: int, out_channels: int, kernel: int, groups: int = 1, bias: bool = True) -> int:
    weights = out_channels * (in_channels // groups) * kernel**2
    return weights + out_channels if bias else weights


def same_padding(kernel: int, dilation: int = 1) -> int:
    return dilation * (kernel - 1) // 2


# %% wrong="out_size: groups divide both the inputs and the outputs; breaks: How many numbers nn.Conv2d learns, seen with count_parameters(8, 8, 3, groups=2) = 152 and not 296"
def out_size(side: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    reach = dilation * (kernel - 1) + 1
    return (side + 2 * padding - reach) // stride + 1


def count_parameters(in_channels: int, out_channels: int, kernel: int, groups: int = 1, bias: bool = True) -> int:
    weights = (out_channels // groups) * (in_channels // groups) * kernel**2
    return weights + out_channels if bias else weights


def same_padding(kernel: int, dilation: int = 1) -> int:
    return dilation * (kernel - 1) // 2


# %% wrong="out_size: (side - reach + 1) // stride; breaks: How many places a kernel finds, seen with out_size(5, 3, stride=2) = 1 and not 2"
def out_size(side: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    reach = dilation * (kernel - 1) + 1
    return (side + 2 * padding - reach + 1) // stride + 0


def count_parameters(in_channels: int, out_channels: int, kernel: int, groups: int = 1, bias: bool = True) -> int:
    weights = out_channels * (in_channels // groups) * kernel**2
    return weights + out_channels if bias else weights


def same_padding(kernel: int, dilation: int = 1) -> int:
    return dilation * (kernel - 1) // 2


# %% wrong="out_size: same_padding ignores dilation; breaks: The padding by which a kernel keeps the size of the picture, seen with same_padding(3, dilation=2) = 1 and not 2"
def out_size(side: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    reach = dilation * (kernel - 1) + 1
    return (side + 2 * padding - reach) // stride + 1


def count_parameters(in_channels: int, out_channels: int, kernel: int, groups: int = 1, bias: bool = True) -> int:
    weights = out_channels * (in_channels // groups) * kernel**2
    return weights + out_channels if bias else weights


def same_padding(kernel: int, dilation: int = 1) -> int:
    return (kernel - 1) // 2


# %% right="conv2d_strided: blanks filled, einsum letters in another order of operands"
def conv2d_strided(x, kernels, stride: int = 1, dilation: int = 1) -> torch.Tensor:
    """The convolution of (batch, in, height, width) with (out, in, kh, kw), without a loop and without padding."""
    batch, channels, height, width = x.shape
    kh, kw = kernels.shape[2:]
    rows, columns = places(height, kh, stride, dilation), places(width, kw, stride, dilation)
    b, c, h, w = x.stride()
    size = (batch, channels, rows, columns, kh, kw)
    between = (stride * h, stride * w)
    within = (dilation * h, dilation * w)
    windows = x.as_strided(size, (b, c, *between, *within))
    return torch.einsum("bcrsij,ocij->bors", windows, kernels)


# %% right="conv2d_strided: own contiguous copy, strides by arithmetic, reshaped to a table and multiplied (im2col)"
def conv2d_strided(x, kernels, stride: int = 1, dilation: int = 1) -> torch.Tensor:
    x = x.clone(memory_format=torch.contiguous_format)
    n, c, height, width = x.shape
    out, _, kh, kw = kernels.shape
    rows, columns = places(height, kh, stride, dilation), places(width, kw, stride, dilation)
    plane = height * width
    windows = torch.as_strided(
        x,
        (n, rows, columns, c, kh, kw),
        (c * plane, stride * width, stride, plane, dilation * width, dilation),
    )
    table = windows.reshape(n * rows * columns, c * kh * kw)
    result = table @ kernels.reshape(out, -1).T
    return result.reshape(n, rows, columns, out).permute(0, 3, 1, 2)


# %% right="conv2d_strided: windows picked by index tensors, tensordot, no stride of memory at all"
def conv2d_strided(x, kernels, stride: int = 1, dilation: int = 1) -> torch.Tensor:
    kh, kw = kernels.shape[2:]
    rows, columns = places(x.shape[2], kh, stride, dilation), places(x.shape[3], kw, stride, dilation)
    down = stride * torch.arange(rows)[:, None] + dilation * torch.arange(kh)
    across = stride * torch.arange(columns)[:, None] + dilation * torch.arange(kw)
    windows = x[:, :, down[:, None, :, None], across[None, :, None, :]]  # b c r s i j
    return torch.tensordot(windows, kernels, dims=([1, 4, 5], [1, 2, 3])).movedim(-1, 1)


# %% wrong="conv2d_strided: strides of a contiguous picture assumed; breaks: The first two walk as in x and the convolution of x, seen with a transposed x"
def conv2d_strided(x, kernels, stride: int = 1, dilation: int = 1) -> torch.Tensor:
    batch, channels, height, width = x.shape
    kh, kw = kernels.shape[2:]
    rows, columns = places(height, kh, stride, dilation), places(width, kw, stride, dilation)
    b, c, h, w = channels * height * width, height * width, width, 1
    size = (batch, channels, rows, columns, kh, kw)
    between = (stride * h, stride * w)
    within = (dilation * h, dilation * w)
    windows = x.as_strided(size, (b, c, *between, *within))
    return torch.einsum("bcrsij,ocij->bors", windows, kernels)


# %% wrong="conv2d_strided: stride forgotten for the columns; breaks: One step to the next place skips stride pixels, seen with stride 2"
def conv2d_strided(x, kernels, stride: int = 1, dilation: int = 1) -> torch.Tensor:
    batch, channels, height, width = x.shape
    kh, kw = kernels.shape[2:]
    rows, columns = places(height, kh, stride, dilation), places(width, kw, stride, dilation)
    b, c, h, w = x.stride()
    size = (batch, channels, rows, columns, kh, kw)
    between = (stride * h, w)
    within = (dilation * h, dilation * w)
    windows = x.as_strided(size, (b, c, *between, *within))
    return torch.einsum("bcrsij,ocij->bors", windows, kernels)


# %% wrong="conv2d_strided: dilation ignored in the window; breaks: one step within the window skips dilation pixels, seen with dilation 2"
def conv2d_strided(x, kernels, stride: int = 1, dilation: int = 1) -> torch.Tensor:
    batch, channels, height, width = x.shape
    kh, kw = kernels.shape[2:]
    rows, columns = places(height, kh, stride, dilation), places(width, kw, stride, dilation)
    b, c, h, w = x.stride()
    size = (batch, channels, rows, columns, kh, kw)
    between = (stride * h, stride * w)
    within = (h, w)
    windows = x.as_strided(size, (b, c, *between, *within))
    return torch.einsum("bcrsij,ocij->bors", windows, kernels)


# %% wrong="conv2d_strided: another letter for the kernel's channels; breaks: a kernel has numbers for each channel (convolution), seen with 2 input channels"
def conv2d_strided(x, kernels, stride: int = 1, dilation: int = 1) -> torch.Tensor:
    batch, channels, height, width = x.shape
    kh, kw = kernels.shape[2:]
    rows, columns = places(height, kh, stride, dilation), places(width, kw, stride, dilation)
    b, c, h, w = x.stride()
    size = (batch, channels, rows, columns, kh, kw)
    between = (stride * h, stride * w)
    within = (dilation * h, dilation * w)
    windows = x.as_strided(size, (b, c, *between, *within))
    return torch.einsum("bcrsij,okij->bors", windows, kernels)


# %% wrong="conv2d_strided: view begins at the start of the memory; breaks: the convolution of x, seen with a slice such as x[:, :, 1:]"
def conv2d_strided(x, kernels, stride: int = 1, dilation: int = 1) -> torch.Tensor:
    batch, channels, height, width = x.shape
    kh, kw = kernels.shape[2:]
    rows, columns = places(height, kh, stride, dilation), places(width, kw, stride, dilation)
    b, c, h, w = x.stride()
    size = (batch, channels, rows, columns, kh, kw)
    between = (stride * h, stride * w)
    within = (dilation * h, dilation * w)
    windows = x.as_strided(size, (b, c, *between, *within), 0)
    return torch.einsum("bcrsij,ocij->bors", windows, kernels)


# %% right="disguises: chunks and zip, einsum, reshape"
def grouped(x: torch.Tensor, kernels: torch.Tensor, groups: int) -> torch.Tensor:
    """A convolution with groups: (batch, in, height, width) with (out, in / groups, kh, kw)."""
    pairs = zip(x.chunk(groups, dim=1), kernels.chunk(groups, dim=0), strict=True)
    return torch.cat([F.conv2d(part, own) for part, own in pairs], dim=1)


def pointwise(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """A 1 by 1 convolution: (batch, in, height, width) with (out, in) to (batch, out, height, width)."""
    return torch.einsum("bihw,oi->bohw", x, weight)


def as_kernels(weight: torch.Tensor, channels: int, height: int, width: int) -> torch.Tensor:
    """The kernels (out, channels, height, width) that do what a dense layer does."""
    return weight.reshape(-1, channels, height, width)


# %% right="disguises: groups as an axis of their own, linear layer on the last axis, unflatten"
def grouped(x: torch.Tensor, kernels: torch.Tensor, groups: int) -> torch.Tensor:
    parts = x.unflatten(1, (groups, x.shape[1] // groups)).unbind(1)
    stacks = kernels.unflatten(0, (groups, kernels.shape[0] // groups)).unbind(0)
    return torch.stack([torch.conv2d(p, k) for p, k in zip(parts, stacks)], dim=1).flatten(1, 2)


def pointwise(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    return F.linear(x.movedim(1, -1), weight).movedim(-1, 1)


def as_kernels(weight: torch.Tensor, channels: int, height: int, width: int) -> torch.Tensor:
    return weight.unflatten(1, (channels, height, width))


# %% right="disguises: slices by index arithmetic written into a result, matrix product on flat pixels, einops"
def grouped(x: torch.Tensor, kernels: torch.Tensor, groups: int) -> torch.Tensor:
    inputs, outputs = x.shape[1] // groups, kernels.shape[0] // groups
    result = None
    for g in range(groups):
        piece = F.conv2d(x[:, g * inputs : (g + 1) * inputs], kernels[g * outputs : (g + 1) * outputs])
        if result is None:
            result = piece.new_empty(piece.shape[0], kernels.shape[0], *piece.shape[2:])
        result[:, g * outputs : (g + 1) * outputs] = piece
    return result


def pointwise(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    batch, inputs, height, width = x.shape
    return (weight @ x.reshape(batch, inputs, height * width)).reshape(batch, len(weight), height, width)


def as_kernels(weight: torch.Tensor, channels: int, height: int, width: int) -> torch.Tensor:
    from einops import rearrange

    return rearrange(weight, "o (c h w) -> o c h w", c=channels, h=height, w=width)


# %% wrong="disguises: kernels dealt out in turn (g::groups) and not in halves; breaks: the first half of the output channels sees only the first half of the input channels, seen with 4 kernels and 2 groups"
def grouped(x: torch.Tensor, kernels: torch.Tensor, groups: int) -> torch.Tensor:
    parts = x.chunk(groups, dim=1)
    return torch.cat([F.conv2d(parts[g], kernels[g::groups]) for g in range(groups)], dim=1)


def pointwise(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    return torch.einsum("bihw,oi->bohw", x, weight)


def as_kernels(weight: torch.Tensor, channels: int, height: int, width: int) -> torch.Tensor:
    return weight.reshape(-1, channels, height, width)


# %% wrong="disguises: always two groups; breaks: A convolution with groups (argument groups), seen with groups=4 or groups=1 (raises)"
def grouped(x: torch.Tensor, kernels: torch.Tensor, groups: int) -> torch.Tensor:
    half_in, half_out = x.shape[1] // 2, kernels.shape[0] // 2
    first = F.conv2d(x[:, :half_in], kernels[:half_out])
    second = F.conv2d(x[:, half_in:], kernels[half_out:])
    return torch.cat([first, second], dim=1)


def pointwise(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    return torch.einsum("bihw,oi->bohw", x, weight)


def as_kernels(weight: torch.Tensor, channels: int, height: int, width: int) -> torch.Tensor:
    return weight.reshape(-1, channels, height, width)


# %% wrong="disguises: calls F.conv2d with groups; breaks: You may call F.conv2d (but not its groups), seen with any call for groups > 1"
def grouped(x: torch.Tensor, kernels: torch.Tensor, groups: int) -> torch.Tensor:
    return F.conv2d(x, kernels, groups=groups)


def pointwise(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    return torch.einsum("bihw,oi->bohw", x, weight)


def as_kernels(weight: torch.Tensor, channels: int, height: int, width: int) -> torch.Tensor:
    return weight.reshape(-1, channels, height, width)


# %% wrong="disguises: pointwise calls a convolution along the flat pixels; breaks: pointwise works without any convolution, seen with any call"
def grouped(x: torch.Tensor, kernels: torch.Tensor, groups: int) -> torch.Tensor:
    pairs = zip(x.chunk(groups, dim=1), kernels.chunk(groups, dim=0))
    return torch.cat([F.conv2d(part, own) for part, own in pairs], dim=1)


def pointwise(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    return F.conv1d(x.flatten(2), weight[:, :, None]).unflatten(2, x.shape[2:])


def as_kernels(weight: torch.Tensor, channels: int, height: int, width: int) -> torch.Tensor:
    return weight.reshape(-1, channels, height, width)


# %% wrong="disguises: as_kernels reads the row as height, width, channels; breaks: weight of a dense layer that follows flatten(1) on (channels, height, width), seen with 2 channels of 3 x 4"
def grouped(x: torch.Tensor, kernels: torch.Tensor, groups: int) -> torch.Tensor:
    pairs = zip(x.chunk(groups, dim=1), kernels.chunk(groups, dim=0))
    return torch.cat([F.conv2d(part, own) for part, own in pairs], dim=1)


def pointwise(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    return torch.einsum("bihw,oi->bohw", x, weight)


def as_kernels(weight: torch.Tensor, channels: int, height: int, width: int) -> torch.Tensor:
    return weight.reshape(-1, height, width, channels).permute(0, 3, 1, 2)


# %% right="pooling: unfold twice, amax and mean over the window's axes, shared helper"
def _windows(x, kernel, stride):
    stride = kernel if stride is None else stride
    return x.unfold(2, kernel, stride).unfold(3, kernel, stride)


def max_pool(x: torch.Tensor, kernel: int, stride: int | None = None, padding: int = 0) -> torch.Tensor:
    """The largest number of each window, (batch, channels, height, width) to (batch, channels, rows, columns)."""
    framed = F.pad(x, (padding,) * 4, value=float("-inf")) if padding else x
    return _windows(framed, kernel, stride).amax(dim=(-2, -1))


def avg_pool(x: torch.Tensor, kernel: int, stride: int | None = None) -> torch.Tensor:
    """The mean of each window."""
    return _windows(x, kernel, stride).mean(dim=(-2, -1))


# %% right="pooling: strided slices, one for each pixel of the window, folded by torch.maximum or added"
from functools import reduce


def _shifted(x, kernel, stride):
    stride = stride or kernel
    rows = (x.shape[2] - kernel) // stride + 1
    columns = (x.shape[3] - kernel) // stride + 1
    for i in range(kernel):
        for j in range(kernel):
            yield x[:, :, i::stride, j::stride][:, :, :rows, :columns]


def max_pool(x: torch.Tensor, kernel: int, stride: int | None = None, padding: int = 0) -> torch.Tensor:
    n, c, h, w = x.shape
    framed = torch.full((n, c, h + 2 * padding, w + 2 * padding), -torch.inf, dtype=x.dtype)
    framed[:, :, padding : padding + h, padding : padding + w] = x
    return reduce(torch.maximum, _shifted(framed, kernel, stride))


def avg_pool(x: torch.Tensor, kernel: int, stride: int | None = None) -> torch.Tensor:
    return sum(_shifted(x, kernel, stride)) / kernel**2


# %% right="pooling: two loops over places without any padding, windows are cut off at the picture's edges"
def max_pool(x: torch.Tensor, kernel: int, stride: int | None = None, padding: int = 0) -> torch.Tensor:
    if stride is None:
        stride = kernel
    height, width = x.shape[2:]
    rows = []
    for top in range(-padding, height + padding - kernel + 1, stride):
        row = []
        for left in range(-padding, width + padding - kernel + 1, stride):
            window = x[:, :, max(top, 0) : top + kernel, max(left, 0) : left + kernel]
            row.append(window.flatten(2).max(dim=2).values)
        rows.append(torch.stack(row, dim=-1))
    return torch.stack(rows, dim=-2)


def avg_pool(x: torch.Tensor, kernel: int, stride: int | None = None) -> torch.Tensor:
    stride = kernel if stride is None else stride
    tops = range(0, x.size(2) - kernel + 1, stride)
    lefts = range(0, x.size(3) - kernel + 1, stride)
    means = [x[:, :, t : t + kernel, s : s + kernel].mean((2, 3)) for t in tops for s in lefts]
    return torch.stack(means, dim=-1).unflatten(-1, (len(tops), len(lefts)))


# %% wrong="pooling: frame of zeros for the maximum; breaks: padding must never win against a real pixel, not even where all pixels are negative, seen with negative x and padding=1"
def max_pool(x: torch.Tensor, kernel: int, stride: int | None = None, padding: int = 0) -> torch.Tensor:
    stride = kernel if stride is None else stride
    x = F.pad(x, (padding, padding, padding, padding))
    return x.unfold(2, kernel, stride).unfold(3, kernel, stride).amax(dim=(-2, -1))


def avg_pool(x: torch.Tensor, kernel: int, stride: int | None = None) -> torch.Tensor:
    stride = kernel if stride is None else stride
    return x.unfold(2, kernel, stride).unfold(3, kernel, stride).mean(dim=(-2, -1))


# %% wrong="pooling: stride is 2 if none is given; breaks: If no stride is given, the stride equals the kernel, seen with kernel 3 and no stride"
def max_pool(x: torch.Tensor, kernel: int, stride: int | None = None, padding: int = 0) -> torch.Tensor:
    stride = stride or 2
    x = F.pad(x, (padding, padding, padding, padding), value=float("-inf"))
    return x.unfold(2, kernel, stride).unfold(3, kernel, stride).amax(dim=(-2, -1))


def avg_pool(x: torch.Tensor, kernel: int, stride: int | None = None) -> torch.Tensor:
    stride = stride or 2
    return x.unfold(2, kernel, stride).unfold(3, kernel, stride).mean(dim=(-2, -1))


# %% wrong="pooling: avg_pool ignores its stride; breaks: stride of avg_pool (only if none is given windows stand side by side), seen with avg_pool(x, 2, stride=1)"
def max_pool(x: torch.Tensor, kernel: int, stride: int | None = None, padding: int = 0) -> torch.Tensor:
    stride = kernel if stride is None else stride
    x = F.pad(x, (padding, padding, padding, padding), value=float("-inf"))
    return x.unfold(2, kernel, stride).unfold(3, kernel, stride).amax(dim=(-2, -1))


def avg_pool(x: torch.Tensor, kernel: int, stride: int | None = None) -> torch.Tensor:
    rows, columns = x.shape[2] // kernel, x.shape[3] // kernel
    x = x[:, :, : rows * kernel, : columns * kernel]
    return x.reshape(*x.shape[:2], rows, kernel, columns, kernel).mean(dim=(3, 5))


# %% wrong="pooling: incomplete windows at the end are kept; breaks: Rows and columns that fill no whole window are left out, seen with 5 x 5 and kernel 2"
def _starts(length, kernel, stride):
    return [start for start in range(0, length - kernel + stride, stride) if start < length]


def _pool(x, kernel, stride, how):
    stride = kernel if stride is None else stride
    lines = []
    for top in _starts(x.shape[2], kernel, stride):
        line = []
        for left in _starts(x.shape[3], kernel, stride):
            line.append(how(x[:, :, top : top + kernel, left : left + kernel]))
        lines.append(torch.stack(line, dim=2))
    return torch.stack(lines, dim=2)


def max_pool(x: torch.Tensor, kernel: int, stride: int | None = None, padding: int = 0) -> torch.Tensor:
    x = F.pad(x, (padding, padding, padding, padding), value=float("-inf"))
    return _pool(x, kernel, stride, lambda window: window.amax(dim=(2, 3)))


def avg_pool(x: torch.Tensor, kernel: int, stride: int | None = None) -> torch.Tensor:
    return _pool(x, kernel, stride, lambda window: window.mean(dim=(2, 3)))


# %% wrong="pooling: a mean over the channels too (all channels get it); breaks: Channels stay apart / the mean of each window, seen with avg_pool of 2 different channels"
def max_pool(x: torch.Tensor, kernel: int, stride: int | None = None, padding: int = 0) -> torch.Tensor:
    stride = kernel if stride is None else stride
    x = F.pad(x, (padding, padding, padding, padding), value=float("-inf"))
    return x.unfold(2, kernel, stride).unfold(3, kernel, stride).amax(dim=(-2, -1))


def avg_pool(x: torch.Tensor, kernel: int, stride: int | None = None) -> torch.Tensor:
    stride = kernel if stride is None else stride
    rows, columns = (x.shape[2] - kernel) // stride + 1, (x.shape[3] - kernel) // stride + 1
    result = x.new_zeros(x.shape[0], x.shape[1], rows, columns)
    for i in range(rows):
        for j in range(columns):
            window = x[:, :, i * stride : i * stride + kernel, j * stride : j * stride + kernel]
            result[:, :, i, j] = window.mean(dim=(1, 2, 3))[:, None]
    return result


# %% right="make_poolings: blanks filled"
def make_poolings(rows: int, columns: int):
    """Four layers: fixed, mean, halve and flat."""
    from einops.layers.torch import Rearrange, Reduce

    fixed = nn.AdaptiveMaxPool2d((rows, columns))
    mean = Reduce("b c h w -> b c", "mean")
    halve = Reduce("b c (h 2) (w 2) -> b (c h w)", "max")
    flat = Rearrange("b c h w -> b (c h w)")
    return fixed, mean, halve, flat


# %% right="make_poolings: torch's own layers in small Sequentials where they do the same"
def make_poolings(rows: int, columns: int):
    from einops.layers.torch import Rearrange, Reduce

    fixed = nn.AdaptiveMaxPool2d(output_size=(rows, columns))
    mean = nn.Sequential(nn.AdaptiveAvgPool2d((1, 1)), Rearrange("b c 1 1 -> b c"))
    halve = nn.Sequential(Reduce("b c (h 2) (w 2) -> b c h w", reduction="max"), nn.Flatten())
    flat = nn.Flatten(start_dim=1)
    return fixed, mean, halve, flat


# %% right="make_poolings: named lengths, Rearrange after a max pooling layer, list turned into a tuple"
def make_poolings(rows: int, columns: int):
    from einops.layers.torch import Rearrange, Reduce

    flatten = "b c h w -> b (c h w)"
    layers = [nn.AdaptiveMaxPool2d([rows, columns])]
    layers.append(Reduce("b c h w -> b c", "mean"))
    layers.append(nn.Sequential(nn.MaxPool2d(2), Rearrange(flatten)))
    layers.append(Rearrange(flatten))
    return tuple(layers)


# %% wrong="make_poolings: fixed takes means; breaks: fixed: max pooling to (rows, columns), seen with any picture with unlike pixels"
def make_poolings(rows: int, columns: int):
    from einops.layers.torch import Rearrange, Reduce

    fixed = nn.AdaptiveAvgPool2d((rows, columns))
    mean = Reduce("b c h w -> b c", "mean")
    halve = Reduce("b c (h 2) (w 2) -> b (c h w)", "max")
    flat = Rearrange("b c h w -> b (c h w)")
    return fixed, mean, halve, flat


# %% wrong="make_poolings: fixed has (columns, rows); breaks: max pooling to (rows, columns), seen with rows=2, columns=3"
def make_poolings(rows: int, columns: int):
    from einops.layers.torch import Rearrange, Reduce

    fixed = nn.AdaptiveMaxPool2d((columns, rows))
    mean = Reduce("b c h w -> b c", "mean")
    halve = Reduce("b c (h 2) (w 2) -> b (c h w)", "max")
    flat = Rearrange("b c h w -> b (c h w)")
    return fixed, mean, halve, flat


# %% wrong="make_poolings: fixed is always square; breaks: max pooling to (rows, columns), seen with rows=2, columns=3"
def make_poolings(rows: int, columns: int):
    from einops.layers.torch import Rearrange, Reduce

    fixed = nn.AdaptiveMaxPool2d(rows)
    mean = Reduce("b c h w -> b c", "mean")
    halve = Reduce("b c (h 2) (w 2) -> b (c h w)", "max")
    flat = Rearrange("b c h w -> b (c h w)")
    return fixed, mean, halve, flat


# %% wrong="make_poolings: (2 h) pairs a row with one half a picture away; breaks: max pooling by 2 (pairs of neighbouring rows), seen with a 4 x 4 picture"
def make_poolings(rows: int, columns: int):
    from einops.layers.torch import Rearrange, Reduce

    fixed = nn.AdaptiveMaxPool2d((rows, columns))
    mean = Reduce("b c h w -> b c", "mean")
    halve = Reduce("b c (2 h) (2 w) -> b (c h w)", "max")
    flat = Rearrange("b c h w -> b (c h w)")
    return fixed, mean, halve, flat


# %% wrong="make_poolings: halve and flat put the channels last; breaks: (batch, channels * rows * columns), seen with 2 channels of 4 x 4 (order of numbers)"
def make_poolings(rows: int, columns: int):
    from einops.layers.torch import Rearrange, Reduce

    fixed = nn.AdaptiveMaxPool2d((rows, columns))
    mean = Reduce("b c h w -> b c", "mean")
    halve = Reduce("b c (h 2) (w 2) -> b (h w c)", "max")
    flat = Rearrange("b c h w -> b (h w c)")
    return fixed, mean, halve, flat


# %% right="receptive_field: field and jump forwards; sizes backwards, never less than one pixel"
def receptive_field(layers: list[tuple[int, int, int]]) -> int:
    """How many pixels there are along one side from the first to the last that one output has seen."""
    field = jump = 1
    for kernel, stride, _ in layers:
        field += (kernel - 1) * jump
        jump *= stride
    return field


def input_size(layers: list[tuple[int, int, int]], wanted: int) -> int:
    """The smallest side of a picture that comes out with side `wanted`."""
    side = wanted
    for kernel, stride, padding in layers[::-1]:
        side = max(1, (side - 1) * stride + kernel - 2 * padding)
    return side


# %% right="receptive_field: one output walked backwards by recursion; sizes by recursion too"
def receptive_field(layers: list[tuple[int, int, int]]) -> int:
    if not layers:
        return 1
    (kernel, stride, _), *rest = layers
    return (receptive_field(rest) - 1) * stride + kernel


def input_size(layers: list[tuple[int, int, int]], wanted: int) -> int:
    if not layers:
        return wanted
    *first, (kernel, stride, padding) = layers
    return input_size(first, max(stride * (wanted - 1) + kernel - padding - padding, 1))


# %% right="receptive_field: sum of kernel - 1 times the product of earlier strides; input_size tries all sides forwards"
from itertools import count
from math import prod


def receptive_field(layers: list[tuple[int, int, int]]) -> int:
    kernels = [layer[0] for layer in layers]
    strides = [layer[1] for layer in layers]
    return 1 + sum((kernel - 1) * prod(strides[:k]) for k, kernel in enumerate(kernels))


def _forwards(layers, side):
    for kernel, stride, padding in layers:
        side = len(range(0, side + 2 * padding - kernel + 1, stride))
        if side == 0:
            return 0
    return side


def input_size(layers: list[tuple[int, int, int]], wanted: int) -> int:
    return next(side for side in count(1) if _forwards(layers, side) >= wanted)


# %% wrong="receptive_field: jump is updated before the field; breaks: how many pixels from the first to the last that one output has seen, seen with [(3, 1, 0), (2, 2, 0)] = 5 and not 4"
def receptive_field(layers: list[tuple[int, int, int]]) -> int:
    field, jump = 1, 1
    for kernel, stride, _ in layers:
        jump *= stride
        field += (kernel - 1) * jump
    return field


def input_size(layers: list[tuple[int, int, int]], wanted: int) -> int:
    for kernel, stride, padding in reversed(layers):
        wanted = (wanted - 1) * stride + kernel - 2 * padding
    return wanted


# %% wrong="receptive_field: jump is the last stride and not the product; breaks: the jump says how far apart in the picture two neighbours lie, seen with [(2, 2, 0), (2, 2, 0), (3, 1, 0)]"
def receptive_field(layers: list[tuple[int, int, int]]) -> int:
    field, jump = 1, 1
    for kernel, stride, _ in layers:
        field += (kernel - 1) * jump
        jump = stride
    return field


def input_size(layers: list[tuple[int, int, int]], wanted: int) -> int:
    for kernel, stride, padding in reversed(layers):
        wanted = (wanted - 1) * stride + kernel - 2 * padding
    return wanted


# %% wrong="receptive_field: a stride just multiplies the side; breaks: The smallest side that comes out with side wanted, seen with [(3, 2, 1)] and wanted 5 = 10 and not 9"
def receptive_field(layers: list[tuple[int, int, int]]) -> int:
    field, jump = 1, 1
    for kernel, stride, _ in layers:
        field += (kernel - 1) * jump
        jump *= stride
    return field


def input_size(layers: list[tuple[int, int, int]], wanted: int) -> int:
    for kernel, stride, padding in reversed(layers):
        if stride == 1:
            wanted = wanted + kernel - 1 - 2 * padding
        else:
            wanted = wanted * stride
    return wanted


# %% wrong="receptive_field: input_size walks forwards through the list; breaks: side that comes out with side wanted, seen with [(5, 1, 0), (2, 2, 0)]"
def receptive_field(layers: list[tuple[int, int, int]]) -> int:
    field, jump = 1, 1
    for kernel, stride, _ in layers:
        field += (kernel - 1) * jump
        jump *= stride
    return field


def input_size(layers: list[tuple[int, int, int]], wanted: int) -> int:
    for kernel, stride, padding in layers:
        wanted = (wanted - 1) * stride + kernel - 2 * padding
    return wanted


# %% wrong="receptive_field: padding is taken off the field; breaks: from the first to the last pixel that one output has seen (edges aside), seen with [(3, 1, 1)] = 1 and not 3"
def receptive_field(layers: list[tuple[int, int, int]]) -> int:
    field = 1
    for kernel, stride, padding in reversed(layers):
        field = (field - 1) * stride + kernel - 2 * padding
    return field


def input_size(layers: list[tuple[int, int, int]], wanted: int) -> int:
    for kernel, stride, padding in reversed(layers):
        wanted = (wanted - 1) * stride + kernel - 2 * padding
    return wanted


# %% right="conv_transpose2d: canvas of zeros, two loops over pixels, stamps are added, frame cut off"
def conv_transpose2d(x: torch.Tensor, kernels: torch.Tensor, stride: int = 1, padding: int = 0) -> torch.Tensor:
    """(batch, in, height, width) and kernels (in, out, kh, kw) to (batch, out, rows, columns)."""
    batch, _, height, width = x.shape
    _, out, kh, kw = kernels.shape
    rows, columns = (height - 1) * stride + kh, (width - 1) * stride + kw
    canvas = x.new_zeros(batch, out, rows, columns)
    for i in range(height):
        for j in range(width):
            stamp = torch.einsum("bi,iohw->bohw", x[:, :, i, j], kernels)
            canvas[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] += stamp
    return canvas[:, :, padding : rows - padding, padding : columns - padding]


# %% right="conv_transpose2d: one matrix product, then F.fold (col2im) adds up the stamps and cuts the frame"
def conv_transpose2d(x: torch.Tensor, kernels: torch.Tensor, stride: int = 1, padding: int = 0) -> torch.Tensor:
    batch, inputs, height, width = x.shape
    kh, kw = kernels.shape[2:]
    stamps = kernels.flatten(1).T @ x.flatten(2)  # (batch, out * kh * kw, height * width)
    size = ((height - 1) * stride + kh - 2 * padding, (width - 1) * stride + kw - 2 * padding)
    return F.fold(stamps, size, (kh, kw), stride=stride, padding=padding)


# %% right="conv_transpose2d: pixels spread apart by zeros, then an ordinary sliding window with the turned kernel"
def conv_transpose2d(x: torch.Tensor, kernels: torch.Tensor, stride: int = 1, padding: int = 0) -> torch.Tensor:
    batch, inputs, height, width = x.shape
    kh, kw = kernels.shape[-2:]
    tall, wide = (height - 1) * stride + 1, (width - 1) * stride + 1
    spread = torch.zeros(batch, inputs, tall + 2 * (kh - 1), wide + 2 * (kw - 1), dtype=x.dtype)
    spread[:, :, kh - 1 : kh - 1 + tall : stride, kw - 1 : kw - 1 + wide : stride] = x
    windows = spread.unfold(2, kh, 1).unfold(3, kw, 1)
    whole = torch.einsum("birsuv,iouv->bors", windows, kernels.flip(-1, -2))
    rows, columns = whole.shape[-2:]
    return whole[..., padding : rows - padding, padding : columns - padding]


# %% wrong="conv_transpose2d: padding is ignored; breaks: A padding is cut off from the result at all sides, seen with padding=1"
def conv_transpose2d(x: torch.Tensor, kernels: torch.Tensor, stride: int = 1, padding: int = 0) -> torch.Tensor:
    batch, _, height, width = x.shape
    _, out, kh, kw = kernels.shape
    canvas = x.new_zeros(batch, out, (height - 1) * stride + kh, (width - 1) * stride + kw)
    for i in range(height):
        for j in range(width):
            stamp = torch.einsum("bi,iohw->bohw", x[:, :, i, j], kernels)
            canvas[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] += stamp
    return canvas


# %% wrong="conv_transpose2d: padding is cut off at the top and the left only; breaks: cut off from the result at all sides, seen with padding=1"
def conv_transpose2d(x: torch.Tensor, kernels: torch.Tensor, stride: int = 1, padding: int = 0) -> torch.Tensor:
    batch, _, height, width = x.shape
    _, out, kh, kw = kernels.shape
    canvas = x.new_zeros(batch, out, (height - 1) * stride + kh, (width - 1) * stride + kw)
    for i in range(height):
        for j in range(width):
            stamp = torch.einsum("bi,iohw->bohw", x[:, :, i, j], kernels)
            canvas[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] += stamp
    return canvas[:, :, padding:, padding:]


# %% wrong="conv_transpose2d: canvas of height * stride where the stride is larger than the kernel; breaks: a convolution backwards, stamps stride pixels apart (nothing behind the last stamp), seen with kernel 1 and stride 2"
def conv_transpose2d(x: torch.Tensor, kernels: torch.Tensor, stride: int = 1, padding: int = 0) -> torch.Tensor:
    batch, _, height, width = x.shape
    _, out, kh, kw = kernels.shape
    rows, columns = height * stride + max(kh - stride, 0), width * stride + max(kw - stride, 0)
    canvas = x.new_zeros(batch, out, rows, columns)
    for i in range(height):
        for j in range(width):
            stamp = torch.einsum("bi,iohw->bohw", x[:, :, i, j], kernels)
            canvas[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] += stamp
    return canvas[:, :, padding : rows - padding, padding : columns - padding]


# %% wrong="conv_transpose2d: stamps move down by one pixel and not by stride; breaks: The next number stamps stride pixels further on, seen with two rows and stride 2"
def conv_transpose2d(x: torch.Tensor, kernels: torch.Tensor, stride: int = 1, padding: int = 0) -> torch.Tensor:
    batch, _, height, width = x.shape
    _, out, kh, kw = kernels.shape
    rows, columns = (height - 1) * stride + kh, (width - 1) * stride + kw
    canvas = x.new_zeros(batch, out, rows, columns)
    for i in range(height):
        for j in range(width):
            stamp = torch.einsum("bi,iohw->bohw", x[:, :, i, j], kernels)
            canvas[:, :, i : i + kh, j * stride : j * stride + kw] += stamp
    return canvas[:, :, padding : rows - padding, padding : columns - padding]


# %% wrong="conv_transpose2d: the stamps of all pictures land on each picture; breaks: (batch, in, ...) to (batch, out, ...), seen with a batch of 2"
def conv_transpose2d(x: torch.Tensor, kernels: torch.Tensor, stride: int = 1, padding: int = 0) -> torch.Tensor:
    batch, _, height, width = x.shape
    _, out, kh, kw = kernels.shape
    rows, columns = (height - 1) * stride + kh, (width - 1) * stride + kw
    canvas = x.new_zeros(batch, out, rows, columns)
    for i in range(height):
        for j in range(width):
            stamp = torch.einsum("bi,iohw->ohw", x[:, :, i, j], kernels)
            canvas[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] += stamp
    return canvas[:, :, padding : rows - padding, padding : columns - padding]


# %% right="BatchNorm: means by hand, averages updated in place under no_grad"
class BatchNorm(nn.Module):
    """Normalises each channel of (batch, channels, height, width), as nn.BatchNorm2d does."""

    def __init__(self, channels: int, eps: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.training:
            mean = x.mean(dim=(0, 2, 3))
            centred = x - mean[:, None, None]
            var = centred.pow(2).mean(dim=(0, 2, 3))
            n = x.numel() // x.shape[1]
            with torch.no_grad():
                self.running_mean.mul_(1 - self.momentum).add_(self.momentum * mean)
                self.running_var.mul_(1 - self.momentum).add_(self.momentum * var * n / (n - 1))
        else:
            centred, var = x - self.running_mean[:, None, None], self.running_var
        scale = self.weight / torch.sqrt(var + self.eps)
        return centred * scale[:, None, None] + self.bias[:, None, None]


# %% right="BatchNorm: torch.var_mean, buffers assigned anew from detached values, helper per_channel"
class BatchNorm(nn.Module):
    def __init__(self, channels: int, eps: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        for name, fill in (("weight", 1.0), ("bias", 0.0)):
            self.register_parameter(name, nn.Parameter(torch.full((channels,), fill)))
        for name, fill in (("running_mean", 0.0), ("running_var", 1.0)):
            self.register_buffer(name, torch.full((channels,), fill))

    @staticmethod
    def per_channel(values):
        return values.reshape(1, -1, 1, 1)

    def moved(self, old, new):
        return (1 - self.momentum) * old + self.momentum * new.detach().to(old.dtype)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        mean, var = self.running_mean, self.running_var
        if self.training:
            var, mean = torch.var_mean(x, dim=(0, 2, 3), correction=0)
            self.running_mean = self.moved(self.running_mean, mean)
            self.running_var = self.moved(self.running_var, x.var(dim=(0, 2, 3), unbiased=True))
        mean, var = self.per_channel(mean), self.per_channel(var)
        y = (x - mean) * torch.rsqrt(var + self.eps)
        return self.per_channel(self.weight) * y + self.per_channel(self.bias)


# %% right="BatchNorm: channels last and flattened to a table of pixels, statistics of its columns, turned back at the end"
class BatchNorm(nn.Module):
    def __init__(self, channels: int, eps: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight, self.bias = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    @torch.no_grad()
    def remember(self, table):
        for average, now in ((self.running_mean, table.mean(0)), (self.running_var, table.var(0))):
            average.copy_((1 - self.momentum) * average + self.momentum * now)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        last = x.movedim(1, -1)
        table = last.reshape(-1, x.shape[1])
        if self.training:
            self.remember(table)
            mean, var = table.mean(0), table.var(0, correction=0)
        else:
            mean, var = self.running_mean, self.running_var
        table = (table - mean) / (var + self.eps) ** 0.5 * self.weight + self.bias
        return table.reshape(last.shape).movedim(-1, 1)


# %% wrong="BatchNorm: n is the batch size alone; breaks: n is batch * height * width (n - 1 for the moving average), seen with running_var after a batch of 4 pictures of 3 x 3"
class BatchNorm(nn.Module):
    def __init__(self, channels: int, eps: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.training:
            mean = x.mean(dim=(0, 2, 3))
            var = x.var(dim=(0, 2, 3), correction=0)
            n = len(x)
            with torch.no_grad():
                self.running_mean.copy_((1 - self.momentum) * self.running_mean + self.momentum * mean)
                self.running_var.copy_((1 - self.momentum) * self.running_var + self.momentum * var * n / (n - 1))
        else:
            mean, var = self.running_mean, self.running_var
        mean, var = mean[None, :, None, None], var[None, :, None, None]
        y = (x - mean) / torch.sqrt(var + self.eps)
        return self.weight[None, :, None, None] * y + self.bias[None, :, None, None]


# %% wrong="BatchNorm: evaluation normalises by the batch at hand; breaks: in evaluation mode it uses the moving averages, seen with layer.eval() after training"
class BatchNorm(nn.Module):
    def __init__(self, channels: int, eps: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        mean = x.mean(dim=(0, 2, 3))
        var = x.var(dim=(0, 2, 3), correction=0)
        n = x.shape[0] * x.shape[2] * x.shape[3]
        if self.training:
            with torch.no_grad():
                self.running_mean.copy_((1 - self.momentum) * self.running_mean + self.momentum * mean)
                self.running_var.copy_((1 - self.momentum) * self.running_var + self.momentum * var * n / (n - 1))
        mean, var = mean[None, :, None, None], var[None, :, None, None]
        y = (x - mean) / torch.sqrt(var + self.eps)
        return self.weight[None, :, None, None] * y + self.bias[None, :, None, None]


# %% wrong="BatchNorm: momentum is always 0.1; breaks: running = (1 - momentum) * running + momentum * value, seen with momentum=0.5"
class BatchNorm(nn.Module):
    def __init__(self, channels: int, eps: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.training:
            mean = x.mean(dim=(0, 2, 3))
            var = x.var(dim=(0, 2, 3), correction=0)
            with torch.no_grad():
                self.running_mean.copy_(0.9 * self.running_mean + 0.1 * mean)
                self.running_var.copy_(0.9 * self.running_var + 0.1 * x.var(dim=(0, 2, 3)))
        else:
            mean, var = self.running_mean, self.running_var
        mean, var = mean[None, :, None, None], var[None, :, None, None]
        y = (x - mean) / torch.sqrt(var + self.eps)
        return self.weight[None, :, None, None] * y + self.bias[None, :, None, None]


# %% wrong="BatchNorm: moving averages stay in the graph; breaks: no gradient changes them (averages must not become part of the graph), seen with running_mean.requires_grad after an input that needs gradients"
class BatchNorm(nn.Module):
    def __init__(self, channels: int, eps: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.training:
            mean = x.mean(dim=(0, 2, 3))
            var = x.var(dim=(0, 2, 3), correction=0)
            self.running_mean = (1 - self.momentum) * self.running_mean + self.momentum * mean
            self.running_var = (1 - self.momentum) * self.running_var + self.momentum * x.var(dim=(0, 2, 3))
        else:
            mean, var = self.running_mean, self.running_var
        mean, var = mean[None, :, None, None], var[None, :, None, None]
        y = (x - mean) / torch.sqrt(var + self.eps)
        return self.weight[None, :, None, None] * y + self.bias[None, :, None, None]


# %% wrong="BatchNorm: mean and variance are taken without gradient; breaks: gradients flow back to x (as nn.BatchNorm2d does), seen with x.grad (mean and variance count as constants)"
class BatchNorm(nn.Module):
    def __init__(self, channels: int, eps: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.training:
            with torch.no_grad():
                mean = x.mean(dim=(0, 2, 3))
                var = x.var(dim=(0, 2, 3), correction=0)
                self.running_mean.copy_((1 - self.momentum) * self.running_mean + self.momentum * mean)
                self.running_var.copy_((1 - self.momentum) * self.running_var + self.momentum * x.var(dim=(0, 2, 3)))
        else:
            mean, var = self.running_mean, self.running_var
        mean, var = mean[None, :, None, None], var[None, :, None, None]
        y = (x - mean) / torch.sqrt(var + self.eps)
        return self.weight[None, :, None, None] * y + self.bias[None, :, None, None]


# %% right="LeNet: blanks filled"
class LeNet(nn.Module):
    """Scores (batch, 10) of pictures (batch, 1, 28, 28)."""

    def __init__(self, look: bool = False):
        super().__init__()
        self.look = look
        self.conv1 = nn.Conv2d(1, 6, kernel_size=5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, kernel_size=5)
        self.pool = nn.MaxPool2d(2)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.conv2(x)))
        if self.look:
            breakpoint()
        x = x.flatten(1)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)


# %% right="LeNet: pdb.set_trace, torch.relu, view by batch size, named arguments"
class LeNet(nn.Module):
    def __init__(self, look: bool = False):
        super(LeNet, self).__init__()
        self.look = look
        self.conv1 = torch.nn.Conv2d(in_channels=1, out_channels=6, kernel_size=5, padding="same")
        self.conv2 = nn.Conv2d(in_channels=6, out_channels=16, kernel_size=5)
        self.pool = nn.MaxPool2d(kernel_size=(2, 2), stride=2)
        self.fc1 = torch.nn.Linear(400, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        import pdb

        x = torch.relu(self.pool(self.conv1(x)))
        x = torch.relu(self.pool(self.conv2(x)))
        if self.look:
            pdb.set_trace()
        x = x.reshape(x.size(0), -1)
        for dense in (self.fc1, self.fc2):
            x = dense(x).relu()
        return self.fc3(x)


# %% right="LeNet: loops over layers, relu and flatten as layers without weights, clamp"
class LeNet(nn.Module):
    def __init__(self, look: bool = False):
        nn.Module.__init__(self)
        self.look = look
        self.relu, self.pool, self.flatten = nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()
        self.conv1 = nn.Conv2d(1, 6, 5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        for k, (inputs, outputs) in enumerate([(400, 120), (120, 84), (84, 10)], start=1):
            setattr(self, f"fc{k}", nn.Linear(inputs, outputs))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for conv in (self.conv1, self.conv2):
            x = self.pool(self.relu(conv(x)))
        if self.look:
            breakpoint()
        x = self.flatten(x)
        return self.fc3(self.fc2(self.fc1(x).clamp(min=0)).clamp(min=0))


# %% wrong="LeNet: average pooling; breaks: Ours has ReLU, max pooling, seen with the scores of any picture"
class LeNet(nn.Module):
    def __init__(self, look: bool = False):
        super().__init__()
        self.look = look
        self.conv1 = nn.Conv2d(1, 6, kernel_size=5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, kernel_size=5)
        self.pool = nn.AvgPool2d(2)
        self.fc1 = nn.Linear(400, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.conv2(x)))
        if self.look:
            breakpoint()
        x = x.flatten(1)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)


# %% wrong="LeNet: no ReLU after fc1; breaks: drawing: fc1, ReLU -> 120, seen with the scores of any picture"
class LeNet(nn.Module):
    def __init__(self, look: bool = False):
        super().__init__()
        self.look = look
        self.conv1 = nn.Conv2d(1, 6, kernel_size=5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, kernel_size=5)
        self.pool = nn.MaxPool2d(2)
        self.fc1 = nn.Linear(400, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.conv2(x)))
        if self.look:
            breakpoint()
        x = x.flatten(1)
        x = self.fc1(x)
        x = F.relu(self.fc2(x))
        return self.fc3(x)


# %% wrong="LeNet: ReLU on the scores too; breaks: fc3 -> 10 scores (no ReLU behind it), seen with pictures that have negative scores"
class LeNet(nn.Module):
    def __init__(self, look: bool = False):
        super().__init__()
        self.look = look
        self.conv1 = nn.Conv2d(1, 6, kernel_size=5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, kernel_size=5)
        self.pool = nn.MaxPool2d(2)
        self.fc1 = nn.Linear(400, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.conv2(x)))
        if self.look:
            breakpoint()
        x = x.flatten(1)
        for layer in (self.fc1, self.fc2, self.fc3):
            x = F.relu(layer(x))
        return x


# %% wrong="LeNet: stops behind flatten; breaks: with look=True the network stops in front of flatten, seen with the shape of x at the stop, (batch, 400)"
class LeNet(nn.Module):
    def __init__(self, look: bool = False):
        super().__init__()
        self.look = look
        self.conv1 = nn.Conv2d(1, 6, kernel_size=5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, kernel_size=5)
        self.pool = nn.MaxPool2d(2)
        self.fc1 = nn.Linear(400, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.conv2(x)))
        x = x.flatten(1)
        if self.look:
            breakpoint()
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)


# %% wrong="LeNet: prints the shape and does not stop; breaks: with look=True the network stops and lets you look around, seen with look=True"
class LeNet(nn.Module):
    def __init__(self, look: bool = False):
        super().__init__()
        self.look = look
        self.conv1 = nn.Conv2d(1, 6, kernel_size=5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, kernel_size=5)
        self.pool = nn.MaxPool2d(2)
        self.fc1 = nn.Linear(400, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.conv2(x)))
        if self.look:
            print(x.shape)
        x = x.flatten(1)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)


# %% right="Lambda: blanks filled"
conv, pool, linear = nn.Conv2d, nn.AvgPool2d, nn.Linear


class Lambda(nn.Module):
    """A layer that calls a function."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def one_by_one() -> nn.Sequential:
    """The network, layers added one at a time."""
    net = nn.Sequential()
    net.add_module("shape", Lambda(lambda x: x.view(-1, 1, 28, 28)))
    net.add_module("conv1", conv(1, 8, 3, stride=2, padding=1))
    net.add_module("relu1", nn.ReLU())
    net.add_module("conv2", conv(8, 16, 3, stride=2, padding=1))
    net.add_module("relu2", nn.ReLU())
    net.add_module("pool", pool(7))
    net.add_module("flat", nn.Flatten())
    net.add_module("dense", linear(16, 10))
    return net


def all_at_once() -> nn.Sequential:
    """The same network, with fresh layers, from an ordered dictionary of names and layers."""
    pairs = one_by_one().named_children()
    return nn.Sequential(OrderedDict(pairs))


# %% right="Lambda: one generator of pairs for both, added in a loop, OrderedDict from a list"
conv, pool, linear = nn.Conv2d, nn.AvgPool2d, nn.Linear


class Lambda(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        function = self.function
        return function(x)


def _pairs():
    same = dict(kernel_size=3, stride=2, padding=1)
    yield "shape", Lambda(lambda rows: rows.unflatten(-1, (1, 28, 28)))
    yield "conv1", conv(1, 8, **same)
    yield "relu1", nn.ReLU()
    yield "conv2", conv(8, 16, **same)
    yield "relu2", nn.ReLU()
    yield "pool", pool(kernel_size=7)
    yield "flat", nn.Flatten()
    yield "dense", linear(in_features=16, out_features=10)


def one_by_one() -> nn.Sequential:
    net = nn.Sequential()
    for name, layer in _pairs():
        net.add_module(name, layer)
    return net


def all_at_once() -> nn.Sequential:
    return nn.Sequential(OrderedDict(list(_pairs())))


# %% right="Lambda: tuples as sizes, reshape with the batch size, ordered dictionary filled key by key"
conv, pool, linear = (getattr(nn, name) for name in ("Conv2d", "AvgPool2d", "Linear"))


class Lambda(nn.Module):
    def __init__(self, function):
        super(Lambda, self).__init__()
        self.function = function

    def forward(self, x):
        return self.function.__call__(x)


def to_pictures(x):
    return x.reshape(len(x), 1, 28, 28)


def one_by_one() -> nn.Sequential:
    net = nn.Sequential()
    net.add_module("shape", Lambda(to_pictures))
    net.add_module("conv1", conv(1, 8, (3, 3), (2, 2), (1, 1)))
    net.add_module("relu1", nn.ReLU(inplace=True))
    net.add_module("conv2", conv(8, 16, (3, 3), (2, 2), (1, 1)))
    net.add_module("relu2", nn.ReLU(inplace=True))
    net.add_module("pool", pool((7, 7), stride=1))
    net.add_module("flat", Lambda(lambda x: x.flatten(1)))
    net.add_module("dense", linear(16, 10))
    return net


def all_at_once() -> nn.Sequential:
    layers = OrderedDict()
    for name, layer in one_by_one()._modules.items():
        layers[name] = layer
    return nn.Sequential(layers)


# %% wrong="Lambda: max pooling; breaks: pool (average over windows of 7), seen with the scores of any row"
conv, pool, linear = nn.Conv2d, nn.MaxPool2d, nn.Linear


class Lambda(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def one_by_one() -> nn.Sequential:
    net = nn.Sequential()
    net.add_module("shape", Lambda(lambda x: x.view(-1, 1, 28, 28)))
    net.add_module("conv1", conv(1, 8, 3, stride=2, padding=1))
    net.add_module("relu1", nn.ReLU())
    net.add_module("conv2", conv(8, 16, 3, stride=2, padding=1))
    net.add_module("relu2", nn.ReLU())
    net.add_module("pool", pool(7))
    net.add_module("flat", nn.Flatten())
    net.add_module("dense", linear(16, 10))
    return net


def all_at_once() -> nn.Sequential:
    pairs = one_by_one().named_children()
    return nn.Sequential(OrderedDict(pairs))


# %% wrong="Lambda: conv2 without stride, dense for 64 features; breaks: conv2 (16 kernels, same options), seen with the shape of dense.weight, (10, 64)"
conv, pool, linear = nn.Conv2d, nn.AvgPool2d, nn.Linear


class Lambda(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def one_by_one() -> nn.Sequential:
    net = nn.Sequential()
    net.add_module("shape", Lambda(lambda x: x.view(-1, 1, 28, 28)))
    net.add_module("conv1", conv(1, 8, 3, stride=2, padding=1))
    net.add_module("relu1", nn.ReLU())
    net.add_module("conv2", conv(8, 16, 3, padding=1))
    net.add_module("relu2", nn.ReLU())
    net.add_module("pool", pool(7))
    net.add_module("flat", nn.Flatten())
    net.add_module("dense", linear(16 * 2 * 2, 10))
    return net


def all_at_once() -> nn.Sequential:
    pairs = one_by_one().named_children()
    return nn.Sequential(OrderedDict(pairs))


# %% wrong="Lambda: all_at_once always hands out the same layers; breaks: The same network, with fresh layers, seen with two calls of all_at_once (shared parameters)"
conv, pool, linear = nn.Conv2d, nn.AvgPool2d, nn.Linear


class Lambda(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def one_by_one() -> nn.Sequential:
    net = nn.Sequential()
    net.add_module("shape", Lambda(lambda x: x.view(-1, 1, 28, 28)))
    net.add_module("conv1", conv(1, 8, 3, stride=2, padding=1))
    net.add_module("relu1", nn.ReLU())
    net.add_module("conv2", conv(8, 16, 3, stride=2, padding=1))
    net.add_module("relu2", nn.ReLU())
    net.add_module("pool", pool(7))
    net.add_module("flat", nn.Flatten())
    net.add_module("dense", linear(16, 10))
    return net


pairs = list(one_by_one().named_children())


def all_at_once() -> nn.Sequential:
    return nn.Sequential(OrderedDict(pairs))


# %% wrong="Lambda: all_at_once is one_by_one again; breaks: all_at_once hands pairs over in an OrderedDict, seen with any call (no dictionary handed to nn.Sequential)"
conv, pool, linear = nn.Conv2d, nn.AvgPool2d, nn.Linear


class Lambda(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def one_by_one() -> nn.Sequential:
    net = nn.Sequential()
    net.add_module("shape", Lambda(lambda x: x.view(-1, 1, 28, 28)))
    net.add_module("conv1", conv(1, 8, 3, stride=2, padding=1))
    net.add_module("relu1", nn.ReLU())
    net.add_module("conv2", conv(8, 16, 3, stride=2, padding=1))
    net.add_module("relu2", nn.ReLU())
    net.add_module("pool", pool(7))
    net.add_module("flat", nn.Flatten())
    net.add_module("dense", linear(16, 10))
    return net


def all_at_once() -> nn.Sequential:
    net = nn.Sequential()
    for name, layer in OrderedDict(one_by_one().named_children()).items():
        net.add_module(name, layer)
    return net


# %% wrong="Lambda: the shape layer knows only batches of 2; breaks: It takes rows of 784 pixels (however many), seen with 3 rows (raises)"
conv, pool, linear = nn.Conv2d, nn.AvgPool2d, nn.Linear


class Lambda(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def one_by_one() -> nn.Sequential:
    net = nn.Sequential()
    net.add_module("shape", Lambda(lambda x: x.view(2, 1, 28, 28)))
    net.add_module("conv1", conv(1, 8, 3, stride=2, padding=1))
    net.add_module("relu1", nn.ReLU())
    net.add_module("conv2", conv(8, 16, 3, stride=2, padding=1))
    net.add_module("relu2", nn.ReLU())
    net.add_module("pool", pool(7))
    net.add_module("flat", nn.Flatten())
    net.add_module("dense", linear(16, 10))
    return net


def all_at_once() -> nn.Sequential:
    pairs = one_by_one().named_children()
    return nn.Sequential(OrderedDict(pairs))


# %% right="pipelines: blanks filled"
def pipelines(side: int, mean: list[float], std: list[float]):
    """The transforms for training and those for validation."""
    half_or_more = (0.5, 1.0)
    crop = transforms.RandomResizedCrop(side, scale=half_or_more)
    flip = transforms.RandomHorizontalFlip()
    resize = transforms.Resize((side, side))
    tensor = transforms.ToTensor()
    normal = transforms.Normalize(mean, std)
    train = transforms.Compose([crop, flip, tensor, normal])
    valid = transforms.Compose([resize, tensor, normal])
    return train, valid


# %% right="pipelines: nested Compose for the common end, RandomApply of a hand-made flip, bicubic resize"
def pipelines(side: int, mean: list[float], std: list[float]):
    from torchvision.transforms import functional as TF

    end = transforms.Compose([transforms.ToTensor(), transforms.Normalize(mean=mean, std=std)])
    flip = transforms.RandomApply([transforms.Lambda(TF.hflip)], p=0.5)
    crop = transforms.RandomResizedCrop((side, side), scale=(0.5, 1.0))
    resize = transforms.Resize((side, side), interpolation=transforms.InterpolationMode.BICUBIC)
    return transforms.Compose([crop, flip, end]), transforms.Compose([resize, end])


# %% right="pipelines: two plain functions, box drawn by get_params, PIL for scaling, tensors flipped, normalised by arithmetic"
def pipelines(side: int, mean: list[float], std: list[float]):
    mu, sigma = torch.tensor(mean)[:, None, None], torch.tensor(std)[:, None, None]

    def finish(picture):
        return (transforms.ToTensor()(picture) - mu) / sigma

    def train(picture):
        top, left, height, width = transforms.RandomResizedCrop.get_params(picture, (0.5, 1.0), (3 / 4, 4 / 3))
        x = finish(picture.crop((left, top, left + width, top + height)).resize((side, side)))
        return x.flip(-1) if torch.rand(()) < 0.5 else x

    def valid(picture):
        return finish(picture.resize((side, side)))

    return train, valid


# %% wrong="pipelines: validation keeps the sides' ratio and cuts out the middle; breaks: Validation: the whole picture scaled to side x side, seen with a picture of 40 x 20"
def pipelines(side: int, mean: list[float], std: list[float]):
    crop = transforms.RandomResizedCrop(side, scale=(0.5, 1.0))
    flip = transforms.RandomHorizontalFlip()
    resize = transforms.Compose([transforms.Resize(side), transforms.CenterCrop(side)])
    tensor = transforms.ToTensor()
    normal = transforms.Normalize(mean, std)
    train = transforms.Compose([crop, flip, tensor, normal])
    valid = transforms.Compose([resize, tensor, normal])
    return train, valid


# %% wrong="pipelines: flips upside down; breaks: flipped left to right half of the time, seen with a picture whose left and right differ"
def pipelines(side: int, mean: list[float], std: list[float]):
    half_or_more = (0.5, 1.0)
    crop = transforms.RandomResizedCrop(side, scale=half_or_more)
    flip = transforms.RandomVerticalFlip()
    resize = transforms.Resize((side, side))
    tensor = transforms.ToTensor()
    normal = transforms.Normalize(mean, std)
    train = transforms.Compose([crop, flip, tensor, normal])
    valid = transforms.Compose([resize, tensor, normal])
    return train, valid


# %% wrong="pipelines: scale left at its default 0.08; breaks: from half of its area to all of it, seen with many crops (some much smaller than half)"
def pipelines(side: int, mean: list[float], std: list[float]):
    crop = transforms.RandomResizedCrop(side)
    flip = transforms.RandomHorizontalFlip()
    resize = transforms.Resize((side, side))
    tensor = transforms.ToTensor()
    normal = transforms.Normalize(mean, std)
    train = transforms.Compose([crop, flip, tensor, normal])
    valid = transforms.Compose([resize, tensor, normal])
    return train, valid


# %% wrong="pipelines: training pictures are not normalised; breaks: Training: ...; a tensor; normalised, seen with mean 0.5 and std 0.2 for training"
def pipelines(side: int, mean: list[float], std: list[float]):
    half_or_more = (0.5, 1.0)
    crop = transforms.RandomResizedCrop(side, scale=half_or_more)
    flip = transforms.RandomHorizontalFlip()
    resize = transforms.Resize((side, side))
    tensor = transforms.ToTensor()
    normal = transforms.Normalize(mean, std)
    train = transforms.Compose([crop, flip, tensor])
    valid = transforms.Compose([resize, tensor, normal])
    return train, valid


# %% wrong="pipelines: validation is flipped by chance too; breaks: For validation there is no chance at all, seen with several trips of one picture through valid"
def pipelines(side: int, mean: list[float], std: list[float]):
    half_or_more = (0.5, 1.0)
    crop = transforms.RandomResizedCrop(side, scale=half_or_more)
    flip = transforms.RandomHorizontalFlip()
    resize = transforms.Resize((side, side))
    tensor = transforms.ToTensor()
    normal = transforms.Normalize(mean, std)
    train = transforms.Compose([crop, flip, tensor, normal])
    valid = transforms.Compose([resize, flip, tensor, normal])
    return train, valid


# %% right="boxes: broadcasting for iou; nms takes the best and filters the rest until nothing is left"
def iou(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The IoU of every pair of boxes: (n, 4) and (m, 4) to (n, m)."""
    start = torch.maximum(a[:, None, :2], b[None, :, :2])
    end = torch.minimum(a[:, None, 2:], b[None, :, 2:])
    common = (end - start).clamp(min=0).prod(dim=2)
    area_a, area_b = ((boxes[:, 2:] - boxes[:, :2]).prod(dim=1) for boxes in (a, b))
    return common / (area_a[:, None] + area_b - common)


def nms(boxes: torch.Tensor, scores: torch.Tensor, threshold: float) -> list[int]:
    """The indices of the boxes that are kept, from the highest score to the lowest."""
    left, kept = scores.argsort(descending=True), []
    while len(left) > 0:
        best, left = left[0], left[1:]
        kept.append(int(best))
        left = left[iou(boxes[best][None], boxes[left])[0] <= threshold]
    return kept


# %% right="boxes: plain Python numbers in two loops; nms compares each candidate with all that are kept"
def _overlap(p, q):
    width = max(0.0, min(p[2], q[2]) - max(p[0], q[0]))
    height = max(0.0, min(p[3], q[3]) - max(p[1], q[1]))
    common = width * height
    together = (p[2] - p[0]) * (p[3] - p[1]) + (q[2] - q[0]) * (q[3] - q[1]) - common
    return common / together


def iou(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    values = [_overlap(p, q) for p in a.tolist() for q in b.tolist()]
    return torch.tensor(values).reshape(len(a), len(b))


def nms(boxes: torch.Tensor, scores: torch.Tensor, threshold: float) -> list[int]:
    corners, values = boxes.tolist(), scores.tolist()
    kept = []
    for k in sorted(range(len(corners)), key=values.__getitem__, reverse=True):
        if not any(_overlap(corners[k], corners[n]) > threshold for n in kept):
            kept.append(k)
    return kept


# %% right="boxes: unbound coordinates, one table of all IoUs, a mask of living boxes, argmax each time"
def iou(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    ax1, ay1, ax2, ay2 = (column[:, None] for column in a.unbind(1))
    bx1, by1, bx2, by2 = (column[None, :] for column in b.unbind(1))
    wide = torch.relu(torch.min(ax2, bx2) - torch.max(ax1, bx1))
    high = torch.relu(torch.min(ay2, by2) - torch.max(ay1, by1))
    both = wide * high
    return both / ((ax2 - ax1) * (ay2 - ay1) + (bx2 - bx1) * (by2 - by1) - both)


def nms(boxes: torch.Tensor, scores: torch.Tensor, threshold: float) -> list[int]:
    table = iou(boxes, boxes)
    alive = torch.ones(len(boxes), dtype=torch.bool)
    kept = []
    while alive.any():
        places = alive.nonzero().flatten()
        best = places[scores[places].argmax()].item()
        kept.append(best)
        alive &= ~(table[best] > threshold)
        alive[best] = False
    return kept


# %% wrong="boxes: also drops at exactly the threshold; breaks: drop all other boxes whose IoU is ABOVE a threshold, seen with IoU 0.5 and threshold 0.5"
def iou(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    start = torch.maximum(a[:, None, :2], b[None, :, :2])
    end = torch.minimum(a[:, None, 2:], b[None, :, 2:])
    common = (end - start).clamp(min=0).prod(dim=2)
    area_a, area_b = ((boxes[:, 2:] - boxes[:, :2]).prod(dim=1) for boxes in (a, b))
    return common / (area_a[:, None] + area_b - common)


def nms(boxes: torch.Tensor, scores: torch.Tensor, threshold: float) -> list[int]:
    left, kept = scores.argsort(descending=True), []
    while len(left) > 0:
        best, left = left[0], left[1:]
        kept.append(int(best))
        left = left[iou(boxes[best][None], boxes[left])[0] < threshold]
    return kept


# %% wrong="boxes: only the width is kept from being negative; breaks: 0 means that they do not touch, seen with a box straight below another one (negative IoU)"
def iou(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    start = torch.maximum(a[:, None, :2], b[None, :, :2])
    end = torch.minimum(a[:, None, 2:], b[None, :, 2:])
    width = (end - start)[..., 0].clamp(min=0)
    height = (end - start)[..., 1]
    common = width * height
    area_a, area_b = ((boxes[:, 2:] - boxes[:, :2]).prod(dim=1) for boxes in (a, b))
    return common / (area_a[:, None] + area_b - common)


def nms(boxes: torch.Tensor, scores: torch.Tensor, threshold: float) -> list[int]:
    left, kept = scores.argsort(descending=True), []
    while len(left) > 0:
        best, left = left[0], left[1:]
        kept.append(int(best))
        left = left[iou(boxes[best][None], boxes[left])[0] <= threshold]
    return kept


# %% wrong="boxes: indices in rising order; breaks: from the highest score to the lowest, best first, seen with two far boxes with scores 0.1 and 0.9"
def iou(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    start = torch.maximum(a[:, None, :2], b[None, :, :2])
    end = torch.minimum(a[:, None, 2:], b[None, :, 2:])
    common = (end - start).clamp(min=0).prod(dim=2)
    area_a, area_b = ((boxes[:, 2:] - boxes[:, :2]).prod(dim=1) for boxes in (a, b))
    return common / (area_a[:, None] + area_b - common)


def nms(boxes: torch.Tensor, scores: torch.Tensor, threshold: float) -> list[int]:
    keep = torch.ones(len(boxes), dtype=torch.bool)
    for best in scores.argsort(descending=True).tolist():
        if keep[best]:
            drop = iou(boxes[best : best + 1], boxes)[0] > threshold
            drop[best] = False
            keep &= ~drop
    return keep.nonzero().flatten().tolist()


# %% wrong="boxes: boxes that are dropped already still drop others; breaks: 3. go on with what is left, seen with a row of three boxes where each overlaps its neighbour only (0.9, 0.8, 0.7)"
def iou(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    start = torch.maximum(a[:, None, :2], b[None, :, :2])
    end = torch.minimum(a[:, None, 2:], b[None, :, 2:])
    common = (end - start).clamp(min=0).prod(dim=2)
    area_a, area_b = ((boxes[:, 2:] - boxes[:, :2]).prod(dim=1) for boxes in (a, b))
    return common / (area_a[:, None] + area_b - common)


def nms(boxes: torch.Tensor, scores: torch.Tensor, threshold: float) -> list[int]:
    order = scores.argsort(descending=True)
    table = iou(boxes[order], boxes[order])
    drops = (table.triu(diagonal=1) > threshold).any(dim=0)
    return order[~drops].tolist()


# %% wrong="boxes: clamp hits the left edges and not the difference too; breaks: corners may lie anywhere, left of zero too, seen with boxes [-4, -4, -2, -2] and itself (IoU 0 or negative area)"
def iou(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    start = torch.maximum(a[:, None, :2], b[None, :, :2]).clamp(min=0)
    end = torch.minimum(a[:, None, 2:], b[None, :, 2:]).clamp(min=0)
    common = (end - start).clamp(min=0).prod(dim=2)
    area_a, area_b = ((boxes[:, 2:] - boxes[:, :2]).prod(dim=1) for boxes in (a, b))
    return common / (area_a[:, None] + area_b - common)


def nms(boxes: torch.Tensor, scores: torch.Tensor, threshold: float) -> list[int]:
    left, kept = scores.argsort(descending=True), []
    while len(left) > 0:
        best, left = left[0], left[1:]
        kept.append(int(best))
        left = left[iou(boxes[best][None], boxes[left])[0] <= threshold]
    return kept


# %% right="prepare: permute instead of reshape"
def prepare(photographs: list[torch.Tensor], mean: list[float], std: list[float]) -> torch.Tensor:
    """One normalised float batch (n, 3, height, width) out of bytes (height, width, 3)."""
    batch = torch.stack(photographs) / 255
    batch = batch.permute(0, 3, 1, 2)
    return (batch - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]


# %% right="prepare: normalised with the channels last, then moved"
def prepare(photographs: list[torch.Tensor], mean: list[float], std: list[float]) -> torch.Tensor:
    mu, sigma = torch.tensor(mean), torch.tensor(std)
    ready = [((photo.float() / 255 - mu) / sigma).movedim(-1, 0) for photo in photographs]
    return torch.stack(ready).contiguous()


# %% right="prepare: ToTensor and Normalize of torchvision for each photograph by way of numpy"
def prepare(photographs: list[torch.Tensor], mean: list[float], std: list[float]) -> torch.Tensor:
    pipeline = transforms.Compose([transforms.ToTensor(), transforms.Normalize(mean, std)])
    return torch.stack([pipeline(photograph.numpy()) for photograph in photographs])


# %% wrong="prepare: only the first photograph; breaks: One normalised float batch (n, 3, height, width), seen with 2 photographs"
def prepare(photographs: list[torch.Tensor], mean: list[float], std: list[float]) -> torch.Tensor:
    batch = photographs[0].permute(2, 0, 1)[None] / 255
    return (batch - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]


# %% wrong="prepare: channels moved in front of the photographs, then reshaped; breaks: batch (n, 3, height, width) with the channels of each photograph, seen with 2 different photographs"
def prepare(photographs: list[torch.Tensor], mean: list[float], std: list[float]) -> torch.Tensor:
    batch = torch.stack(photographs) / 255
    n, height, width, channels = batch.shape
    batch = batch.permute(3, 0, 1, 2).reshape(n, channels, height, width)
    return (batch - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]


# %% wrong="prepare: all photographs get the numbers of the first one; breaks: one batch out of the photographs, seen with 2 different photographs"
def prepare(photographs: list[torch.Tensor], mean: list[float], std: list[float]) -> torch.Tensor:
    first = photographs[0] / 255
    n, (height, width, channels) = len(photographs), first.shape
    batch = first.permute(2, 0, 1).expand(n, channels, height, width)
    return (batch - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]


# %% wrong="prepare: puts the turned photographs back into the list of the caller; breaks: it leaves its inputs unchanged, seen with the list after the call"
def prepare(photographs: list[torch.Tensor], mean: list[float], std: list[float]) -> torch.Tensor:
    for k in range(len(photographs)):
        photographs[k] = photographs[k].permute(2, 0, 1) / 255
    batch = torch.stack(photographs)
    return (batch - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]


# %% wrong="prepare: axes 1 and 3 swapped, then reshaped to the right shape; breaks: (n, 3, height, width) out of (height, width, 3), seen with a photograph of 2 x 3 (pixels out of place)"
def prepare(photographs: list[torch.Tensor], mean: list[float], std: list[float]) -> torch.Tensor:
    batch = torch.stack(photographs) / 255
    n, height, width, channels = batch.shape
    batch = batch.transpose(1, 3).reshape(n, channels, height, width)
    return (batch - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]
