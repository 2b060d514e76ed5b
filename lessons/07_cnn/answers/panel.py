# Answers by a panel that read only the released notebook: what `course audit` grades and counts apart. No student sees them.

# %% right="pad2d: the blanks as they are meant"
def pad2d(x, left: int, right: int, top: int, bottom: int, value: float = 0.0) -> torch.Tensor:
    """Pictures (batch, channels, height, width) with a frame of `value` around each."""
    batch, channels, height, width = x.shape
    rows, columns = top + height + bottom, left + width + right
    padded = x.new_full((batch, channels, rows, columns), value)
    padded[..., top : top + height, left : left + width] = x
    return padded


# %% right="pad2d: slices that count from the far side"
def pad2d(x, left: int, right: int, top: int, bottom: int, value: float = 0.0) -> torch.Tensor:
    """Pictures (batch, channels, height, width) with a frame of `value` around each."""
    batch, channels, height, width = x.shape
    rows, columns = top + height + bottom, left + width + right
    padded = x.new_full((batch, channels, rows, columns), value)
    padded[..., top : rows - bottom, left : columns - right] = x
    return padded


# %% right="pad2d: four strips joined by cat"
def pad2d(x, left: int, right: int, top: int, bottom: int, value: float = 0.0) -> torch.Tensor:
    batch, channels, height, width = x.shape

    def strip(rows, columns):
        return x.new_full((batch, channels, rows, columns), value)

    middle = torch.cat([strip(height, left), x, strip(height, right)], dim=3)
    whole = left + width + right
    return torch.cat([strip(top, whole), middle, strip(bottom, whole)], dim=2)


# %% wrong="pad2d: always zeros; breaks: filled with value everywhere"
def pad2d(x, left: int, right: int, top: int, bottom: int, value: float = 0.0) -> torch.Tensor:
    """Pictures (batch, channels, height, width) with a frame of `value` around each."""
    batch, channels, height, width = x.shape
    rows, columns = top + height + bottom, left + width + right
    padded = x.new_full((batch, channels, rows, columns), 0.0)
    padded[..., top : top + height, left : left + width] = x
    return padded


# %% wrong="pad2d: the picture lies at the bottom edge; breaks: x into the right part (a frame below)"
def pad2d(x, left: int, right: int, top: int, bottom: int, value: float = 0.0) -> torch.Tensor:
    """Pictures (batch, channels, height, width) with a frame of `value` around each."""
    batch, channels, height, width = x.shape
    rows, columns = top + height + bottom, left + width + right
    padded = x.new_full((batch, channels, rows, columns), value)
    padded[..., rows - height :, left : left + width] = x
    return padded


# %% wrong="pad2d: float32 whatever comes in; breaks: of the same dtype as x"
def pad2d(x, left: int, right: int, top: int, bottom: int, value: float = 0.0) -> torch.Tensor:
    """Pictures (batch, channels, height, width) with a frame of `value` around each."""
    batch, channels, height, width = x.shape
    rows, columns = top + height + bottom, left + width + right
    padded = torch.full((batch, channels, rows, columns), float(value))
    padded[..., top : top + height, left : left + width] = x
    return padded


# %% wrong="pad2d: the value is cut to a whole number; breaks: a frame of value (0.5)"
def pad2d(x, left: int, right: int, top: int, bottom: int, value: float = 0.0) -> torch.Tensor:
    """Pictures (batch, channels, height, width) with a frame of `value` around each."""
    batch, channels, height, width = x.shape
    rows, columns = top + height + bottom, left + width + right
    padded = x.new_full((batch, channels, rows, columns), int(value))
    padded[..., top : top + height, left : left + width] = x
    return padded


# %% wrong="pad2d: the first channel in all channels; breaks: write x into it (several channels)"
def pad2d(x, left: int, right: int, top: int, bottom: int, value: float = 0.0) -> torch.Tensor:
    """Pictures (batch, channels, height, width) with a frame of `value` around each."""
    batch, channels, height, width = x.shape
    rows, columns = top + height + bottom, left + width + right
    padded = x.new_full((batch, channels, rows, columns), value)
    padded[..., top : top + height, left : left + width] = x[:, :1]
    return padded


# %% right="conv1d: a loop over windows, stack"
def conv1d(signal: torch.Tensor, kernels: torch.Tensor, stride: int = 1) -> torch.Tensor:
    """(batch, in_channels, width) and (out_channels, in_channels, size) to (batch, out_channels, places)."""
    size = kernels.shape[2]
    results = []
    for start in range(0, signal.shape[2] - size + 1, stride):
        window = signal[:, None, :, start : start + size]
        results.append((window * kernels).sum(dim=(2, 3)))
    return torch.stack(results, dim=2)


# %% right="conv1d: a canvas filled by einsum"
def conv1d(signal: torch.Tensor, kernels: torch.Tensor, stride: int = 1) -> torch.Tensor:
    batch, _, width = signal.shape
    out_channels, _, size = kernels.shape
    places = (width - size) // stride + 1
    result = signal.new_zeros(batch, out_channels, places)
    for k in range(places):
        begin = k * stride
        result[:, :, k] = torch.einsum("bci,oci->bo", signal[:, :, begin : begin + size], kernels)
    return result


# %% right="conv1d: a loop over the numbers of the kernel, shifted signals are mixed"
def conv1d(signal: torch.Tensor, kernels: torch.Tensor, stride: int = 1) -> torch.Tensor:
    size = kernels.size(-1)
    last = signal.size(-1) - size
    total = 0
    for i in range(size):
        shifted = signal[..., i : i + last + 1 : stride]
        total = total + kernels[:, :, i] @ shifted
    return total


# %% wrong="conv1d: moves by one whatever the stride; breaks: the stride says how far the kernel moves each time"
def conv1d(signal: torch.Tensor, kernels: torch.Tensor, stride: int = 1) -> torch.Tensor:
    """(batch, in_channels, width) and (out_channels, in_channels, size) to (batch, out_channels, places)."""
    size = kernels.shape[2]
    results = []
    for start in range(0, signal.shape[2] - size + 1):
        window = signal[:, None, :, start : start + size]
        results.append((window * kernels).sum(dim=(2, 3)))
    return torch.stack(results, dim=2)


# %% wrong="conv1d: places counted as (width - size + 1) // stride; breaks: as many places as the kernel fits in"
def conv1d(signal: torch.Tensor, kernels: torch.Tensor, stride: int = 1) -> torch.Tensor:
    """(batch, in_channels, width) and (out_channels, in_channels, size) to (batch, out_channels, places)."""
    size = kernels.shape[2]
    results = []
    for start in range(0, (signal.shape[2] - size + 1) // stride * stride, stride):
        window = signal[:, None, :, start : start + size]
        results.append((window * kernels).sum(dim=(2, 3)))
    return torch.stack(results, dim=2)


# %% wrong="conv1d: fills the last window up with zeros; breaks: if the end does not fill a whole kernel, it is left out"
def conv1d(signal: torch.Tensor, kernels: torch.Tensor, stride: int = 1) -> torch.Tensor:
    """(batch, in_channels, width) and (out_channels, in_channels, size) to (batch, out_channels, places)."""
    size = kernels.shape[2]
    results = []
    signal = F.pad(signal, (0, -(signal.shape[2] - size) % stride))
    for start in range(0, signal.shape[2] - size + 1, stride):
        window = signal[:, None, :, start : start + size]
        results.append((window * kernels).sum(dim=(2, 3)))
    return torch.stack(results, dim=2)


# %% wrong="conv1d: the stride spreads the kernel too; breaks: the kernel as it is, at every place (that would be a dilation)"
def conv1d(signal: torch.Tensor, kernels: torch.Tensor, stride: int = 1) -> torch.Tensor:
    """(batch, in_channels, width) and (out_channels, in_channels, size) to (batch, out_channels, places)."""
    size = kernels.shape[2]
    results = []
    for start in range(0, signal.shape[2] - stride * (size - 1), stride):
        window = signal[:, None, :, start : start + stride * (size - 1) + 1 : stride]
        results.append((window * kernels).sum(dim=(2, 3)))
    return torch.stack(results, dim=2)


# %% wrong="conv1d: every row of the batch is the first one; breaks: signal (batch, in_channels, width)"
def conv1d(signal: torch.Tensor, kernels: torch.Tensor, stride: int = 1) -> torch.Tensor:
    """(batch, in_channels, width) and (out_channels, in_channels, size) to (batch, out_channels, places)."""
    size = kernels.shape[2]
    results = []
    for start in range(0, signal.shape[2] - size + 1, stride):
        window = signal[:1].expand_as(signal)[:, None, :, start : start + size]
        results.append((window * kernels).sum(dim=(2, 3)))
    return torch.stack(results, dim=2)


# %% right="conv2d: two loops over places"
def conv2d(x, kernels, bias=None, stride: int = 1, padding: int = 0) -> torch.Tensor:
    """(batch, in, height, width) and kernels (out, in, kh, kw) to (batch, out, rows, columns)."""
    x = F.pad(x, (padding, padding, padding, padding))
    kh, kw = kernels.shape[2:]
    rows = (x.shape[2] - kh) // stride + 1
    columns = (x.shape[3] - kw) // stride + 1
    result = x.new_zeros(len(x), len(kernels), rows, columns)
    for r in range(rows):
        for s in range(columns):
            window = x[:, None, :, r * stride : r * stride + kh, s * stride : s * stride + kw]
            result[:, :, r, s] = (window * kernels).sum(dim=(2, 3, 4))
    if bias is not None:
        result = result + bias[:, None, None]
    return result


# %% right="conv2d: two loops over the kernel, einsum on shifted pictures"
def conv2d(x, kernels, bias=None, stride: int = 1, padding: int = 0) -> torch.Tensor:
    x = F.pad(x, [padding] * 4)
    out, _, kh, kw = kernels.shape
    down, right = x.size(2) - kh + 1, x.size(3) - kw + 1
    total = torch.zeros(out, 1, 1, dtype=x.dtype) if bias is None else bias.reshape(out, 1, 1)
    for i in range(kh):
        for j in range(kw):
            part = x[:, :, i : i + down : stride, j : j + right : stride]
            total = total + torch.einsum("bcrs,oc->bors", part, kernels[:, :, i, j])
    return total


# %% right="conv2d: windows by unfold, one matrix product"
def conv2d(x, kernels, bias=None, stride: int = 1, padding: int = 0) -> torch.Tensor:
    out, _, kh, kw = kernels.shape
    framed = x.new_zeros(x.shape[0], x.shape[1], x.shape[2] + 2 * padding, x.shape[3] + 2 * padding)
    framed[:, :, padding : padding + x.shape[2], padding : padding + x.shape[3]] = x
    windows = framed.unfold(2, kh, stride).unfold(3, kw, stride).permute(0, 2, 3, 1, 4, 5)
    table = windows.flatten(3) @ kernels.flatten(1).T
    if bias is not None:
        table = table + bias
    return table.permute(0, 3, 1, 2)


# %% wrong="conv2d: the stride counts for rows only; breaks: stride in both directions"
def conv2d(x, kernels, bias=None, stride: int = 1, padding: int = 0) -> torch.Tensor:
    """(batch, in, height, width) and kernels (out, in, kh, kw) to (batch, out, rows, columns)."""
    x = F.pad(x, (padding, padding, padding, padding))
    kh, kw = kernels.shape[2:]
    rows = (x.shape[2] - kh) // stride + 1
    columns = x.shape[3] - kw + 1
    result = x.new_zeros(len(x), len(kernels), rows, columns)
    for r in range(rows):
        for s in range(columns):
            window = x[:, None, :, r * stride : r * stride + kh, s : s + kw]
            result[:, :, r, s] = (window * kernels).sum(dim=(2, 3, 4))
    if bias is not None:
        result = result + bias[:, None, None]
    return result


# %% wrong="conv2d: a frame of one pixel whatever is asked; breaks: padding by zeros on all four sides (2 or more)"
def conv2d(x, kernels, bias=None, stride: int = 1, padding: int = 0) -> torch.Tensor:
    """(batch, in, height, width) and kernels (out, in, kh, kw) to (batch, out, rows, columns)."""
    padding = min(padding, 1)
    x = F.pad(x, (padding, padding, padding, padding))
    kh, kw = kernels.shape[2:]
    rows = (x.shape[2] - kh) // stride + 1
    columns = (x.shape[3] - kw) // stride + 1
    result = x.new_zeros(len(x), len(kernels), rows, columns)
    for r in range(rows):
        for s in range(columns):
            window = x[:, None, :, r * stride : r * stride + kh, s * stride : s * stride + kw]
            result[:, :, r, s] = (window * kernels).sum(dim=(2, 3, 4))
    if bias is not None:
        result = result + bias[:, None, None]
    return result


# %% wrong="conv2d: the bias comes once for every input channel; breaks: one number for each output channel, added at every place"
def conv2d(x, kernels, bias=None, stride: int = 1, padding: int = 0) -> torch.Tensor:
    """(batch, in, height, width) and kernels (out, in, kh, kw) to (batch, out, rows, columns)."""
    x = F.pad(x, (padding, padding, padding, padding))
    kh, kw = kernels.shape[2:]
    rows = (x.shape[2] - kh) // stride + 1
    columns = (x.shape[3] - kw) // stride + 1
    result = x.new_zeros(len(x), len(kernels), rows, columns)
    for r in range(rows):
        for s in range(columns):
            window = x[:, None, :, r * stride : r * stride + kh, s * stride : s * stride + kw]
            result[:, :, r, s] = (window * kernels).sum(dim=(2, 3, 4))
    if bias is not None:
        result = result + bias[:, None, None] * x.shape[1]
    return result


# %% wrong="conv2d: mean over the input channels; breaks: the products of all channels go into one sum"
def conv2d(x, kernels, bias=None, stride: int = 1, padding: int = 0) -> torch.Tensor:
    """(batch, in, height, width) and kernels (out, in, kh, kw) to (batch, out, rows, columns)."""
    x = F.pad(x, (padding, padding, padding, padding))
    kh, kw = kernels.shape[2:]
    rows = (x.shape[2] - kh) // stride + 1
    columns = (x.shape[3] - kw) // stride + 1
    result = x.new_zeros(len(x), len(kernels), rows, columns)
    for r in range(rows):
        for s in range(columns):
            window = x[:, None, :, r * stride : r * stride + kh, s * stride : s * stride + kw]
            result[:, :, r, s] = (window * kernels).sum(dim=(3, 4)).mean(dim=2)
    if bias is not None:
        result = result + bias[:, None, None]
    return result


# %% wrong="conv2d: the end gives one more place, filled up with zeros, when strides do not come out; breaks: padding by zeros is padding on all four sides, and what does not fill a window is left out"
def conv2d(x, kernels, bias=None, stride: int = 1, padding: int = 0) -> torch.Tensor:
    """(batch, in, height, width) and kernels (out, in, kh, kw) to (batch, out, rows, columns)."""
    x = F.pad(x, (padding, padding, padding, padding))
    kh, kw = kernels.shape[2:]
    x = F.pad(x, (0, -(x.shape[3] - kw) % stride, 0, -(x.shape[2] - kh) % stride))
    rows = (x.shape[2] - kh) // stride + 1
    columns = (x.shape[3] - kw) // stride + 1
    result = x.new_zeros(len(x), len(kernels), rows, columns)
    for r in range(rows):
        for s in range(columns):
            window = x[:, None, :, r * stride : r * stride + kh, s * stride : s * stride + kw]
            result[:, :, r, s] = (window * kernels).sum(dim=(2, 3, 4))
    if bias is not None:
        result = result + bias[:, None, None]
    return result


# %% right="out_size: the blanks as they are meant"
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


# %% right="out_size: counted places, weights of each group added up, padding tried out"
def out_size(side: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    last_pixel = dilation * (kernel - 1)
    return sum(1 for start in range(0, side + 2 * padding, stride) if start + last_pixel < side + 2 * padding)


def count_parameters(in_channels: int, out_channels: int, kernel: int, groups: int = 1, bias: bool = True) -> int:
    total = 0
    for _ in range(groups):
        total += (out_channels // groups) * (in_channels // groups) * kernel * kernel
    return total + (out_channels if bias else 0)


def same_padding(kernel: int, dilation: int = 1) -> int:
    padding = 0
    while out_size(1000, kernel, padding=padding, dilation=dilation) < 1000:
        padding += 1
    return padding


# %% right="out_size: asks a layer of torch"
def out_size(side: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    layer = nn.Conv1d(1, 1, kernel, stride=stride, padding=padding, dilation=dilation)
    with torch.no_grad():
        return layer(torch.zeros(1, 1, side)).shape[-1]


def count_parameters(in_channels: int, out_channels: int, kernel: int, groups: int = 1, bias: bool = True) -> int:
    layer = nn.Conv2d(in_channels, out_channels, kernel, groups=groups, bias=bias)
    return sum(p.numel() for p in layer.parameters())


def same_padding(kernel: int, dilation: int = 1) -> int:
    return (kernel // 2) * dilation


# %% wrong="out_size: padding on one side only; breaks: how many places a kernel finds (padding at both ends of a side)"
def out_size(side: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """How many places a kernel finds along one side of a picture."""
    reach = dilation * (kernel - 1) + 1
    return (side + padding - reach) // stride + 1


def count_parameters(in_channels: int, out_channels: int, kernel: int, groups: int = 1, bias: bool = True) -> int:
    """How many numbers nn.Conv2d learns with square kernels of this size."""
    weights = out_channels * (in_channels // groups) * kernel**2
    return weights + out_channels if bias else weights


def same_padding(kernel: int, dilation: int = 1) -> int:
    """The padding by which a kernel of odd size with stride 1 keeps the size of the picture."""
    return dilation * (kernel - 1) // 2


# %% wrong="out_size: the gaps are spread once for the kernel, not for each step; breaks: reach is how many pixels the kernel covers from its first to its last"
def out_size(side: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """How many places a kernel finds along one side of a picture."""
    reach = kernel + (dilation - 1)
    return (side + 2 * padding - reach) // stride + 1


def count_parameters(in_channels: int, out_channels: int, kernel: int, groups: int = 1, bias: bool = True) -> int:
    """How many numbers nn.Conv2d learns with square kernels of this size."""
    weights = out_channels * (in_channels // groups) * kernel**2
    return weights + out_channels if bias else weights


def same_padding(kernel: int, dilation: int = 1) -> int:
    """The padding by which a kernel of odd size with stride 1 keeps the size of the picture."""
    return dilation * (kernel - 1) // 2


# %% wrong="out_size: groups are left out; breaks: each part of the outputs sees only its part of the inputs"
def out_size(side: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """How many places a kernel finds along one side of a picture."""
    reach = dilation * (kernel - 1) + 1
    return (side + 2 * padding - reach) // stride + 1


def count_parameters(in_channels: int, out_channels: int, kernel: int, groups: int = 1, bias: bool = True) -> int:
    """How many numbers nn.Conv2d learns with square kernels of this size."""
    weights = out_channels * in_channels * kernel**2
    return weights + out_channels if bias else weights


def same_padding(kernel: int, dilation: int = 1) -> int:
    """The padding by which a kernel of odd size with stride 1 keeps the size of the picture."""
    return dilation * (kernel - 1) // 2


# %% wrong="out_size: one bias for each group; breaks: how many numbers nn.Conv2d learns (one bias for each output channel)"
def out_size(side: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """How many places a kernel finds along one side of a picture."""
    reach = dilation * (kernel - 1) + 1
    return (side + 2 * padding - reach) // stride + 1


def count_parameters(in_channels: int, out_channels: int, kernel: int, groups: int = 1, bias: bool = True) -> int:
    """How many numbers nn.Conv2d learns with square kernels of this size."""
    weights = out_channels * (in_channels // groups) * kernel**2
    return weights + out_channels // groups if bias else weights


def same_padding(kernel: int, dilation: int = 1) -> int:
    """The padding by which a kernel of odd size with stride 1 keeps the size of the picture."""
    return dilation * (kernel - 1) // 2


# %% wrong="out_size: half of dilation times kernel; breaks: the padding that keeps the size (with dilation 2 or more)"
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
    return dilation * kernel // 2


# %% right="conv2d_strided: the blanks as they are meant"
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


# %% right="conv2d_strided: contiguous first, its strides then"
def conv2d_strided(x, kernels, stride: int = 1, dilation: int = 1) -> torch.Tensor:
    """The convolution of (batch, in, height, width) with (out, in, kh, kw), without a loop and without padding."""
    batch, channels, height, width = x.shape
    kh, kw = kernels.shape[2:]
    rows, columns = places(height, kh, stride, dilation), places(width, kw, stride, dilation)
    x = x.contiguous()
    b, c, h, w = channels * height * width, height * width, width, 1
    size = (batch, channels, rows, columns, kh, kw)
    between = (stride * h, stride * w)
    within = (dilation * h, dilation * w)
    windows = x.as_strided(size, (b, c, *between, *within))
    return torch.einsum("bcrsij,ocij->bors", windows, kernels)


# %% right="conv2d_strided: a table of windows and a matrix product"
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
    return torch.tensordot(windows, kernels, dims=((1, 4, 5), (1, 2, 3))).movedim(3, 1)


# %% wrong="conv2d_strided: stride and dilation change places; breaks: to the next place skips stride pixels, within the window dilation pixels"
def conv2d_strided(x, kernels, stride: int = 1, dilation: int = 1) -> torch.Tensor:
    """The convolution of (batch, in, height, width) with (out, in, kh, kw), without a loop and without padding."""
    batch, channels, height, width = x.shape
    kh, kw = kernels.shape[2:]
    rows, columns = places(height, kh, stride, dilation), places(width, kw, stride, dilation)
    b, c, h, w = x.stride()
    size = (batch, channels, rows, columns, kh, kw)
    between = (dilation * h, dilation * w)
    within = (stride * h, stride * w)
    windows = x.as_strided(size, (b, c, *between, *within))
    return torch.einsum("bcrsij,ocij->bors", windows, kernels)


# %% wrong="conv2d_strided: counts on rows that lie one after the other in memory; breaks: the first two walk as in x (turned or cut pictures)"
def conv2d_strided(x, kernels, stride: int = 1, dilation: int = 1) -> torch.Tensor:
    """The convolution of (batch, in, height, width) with (out, in, kh, kw), without a loop and without padding."""
    batch, channels, height, width = x.shape
    kh, kw = kernels.shape[2:]
    rows, columns = places(height, kh, stride, dilation), places(width, kw, stride, dilation)
    b, c, h, w = channels * height * width, height * width, width, 1
    size = (batch, channels, rows, columns, kh, kw)
    between = (stride * h, stride * w)
    within = (dilation * h, dilation * w)
    windows = x.as_strided(size, (b, c, *between, *within))
    return torch.einsum("bcrsij,ocij->bors", windows, kernels)


# %% wrong="conv2d_strided: begins at the start of the memory, not at the start of x; breaks: the convolution of x (a part of a larger tensor)"
def conv2d_strided(x, kernels, stride: int = 1, dilation: int = 1) -> torch.Tensor:
    """The convolution of (batch, in, height, width) with (out, in, kh, kw), without a loop and without padding."""
    batch, channels, height, width = x.shape
    kh, kw = kernels.shape[2:]
    rows, columns = places(height, kh, stride, dilation), places(width, kw, stride, dilation)
    b, c, h, w = x.stride()
    size = (batch, channels, rows, columns, kh, kw)
    between = (stride * h, stride * w)
    within = (dilation * h, dilation * w)
    windows = x.as_strided(size, (b, c, *between, *within), 0)
    return torch.einsum("bcrsij,ocij->bors", windows, kernels)


# %% wrong="conv2d_strided: the stride counts for rows only; breaks: one step to the next place skips stride pixels"
def conv2d_strided(x, kernels, stride: int = 1, dilation: int = 1) -> torch.Tensor:
    """The convolution of (batch, in, height, width) with (out, in, kh, kw), without a loop and without padding."""
    batch, channels, height, width = x.shape
    kh, kw = kernels.shape[2:]
    rows, columns = places(height, kh, stride, dilation), places(width, kw, stride, dilation)
    b, c, h, w = x.stride()
    size = (batch, channels, rows, columns, kh, kw)
    between = (stride * h, w)
    within = (dilation * h, dilation * w)
    windows = x.as_strided(size, (b, c, *between, *within))
    return torch.einsum("bcrsij,ocij->bors", windows, kernels)


# %% wrong="conv2d_strided: columns are not dilated; breaks: one step within the window skips dilation pixels"
def conv2d_strided(x, kernels, stride: int = 1, dilation: int = 1) -> torch.Tensor:
    """The convolution of (batch, in, height, width) with (out, in, kh, kw), without a loop and without padding."""
    batch, channels, height, width = x.shape
    kh, kw = kernels.shape[2:]
    rows, columns = places(height, kh, stride, dilation), places(width, kw, stride, dilation)
    b, c, h, w = x.stride()
    size = (batch, channels, rows, columns, kh, kw)
    between = (stride * h, stride * w)
    within = (dilation * h, w)
    windows = x.as_strided(size, (b, c, *between, *within))
    return torch.einsum("bcrsij,ocij->bors", windows, kernels)


# %% right="disguises: chunk and cat, einsum, reshape"
def grouped(x: torch.Tensor, kernels: torch.Tensor, groups: int) -> torch.Tensor:
    """A convolution with groups: (batch, in, height, width) with (out, in / groups, kh, kw)."""
    parts = zip(x.chunk(groups, dim=1), kernels.chunk(groups, dim=0), strict=True)
    return torch.cat([F.conv2d(part, some) for part, some in parts], dim=1)


def pointwise(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """A 1 by 1 convolution: (batch, in, height, width) with (out, in) to (batch, out, height, width)."""
    return torch.einsum("bchw,oc->bohw", x, weight)


def as_kernels(weight: torch.Tensor, channels: int, height: int, width: int) -> torch.Tensor:
    """The kernels (out, channels, height, width) that do what a dense layer does."""
    return weight.reshape(-1, channels, height, width)


# %% right="disguises: slices; a linear layer with channels last; unflatten"
def grouped(x: torch.Tensor, kernels: torch.Tensor, groups: int) -> torch.Tensor:
    ins, outs = x.shape[1] // groups, kernels.shape[0] // groups
    results = []
    for g in range(groups):
        results.append(F.conv2d(x[:, g * ins : (g + 1) * ins], kernels[g * outs : (g + 1) * outs]))
    return torch.concat(results, dim=1)


def pointwise(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    return F.linear(x.permute(0, 2, 3, 1), weight).permute(0, 3, 1, 2)


def as_kernels(weight: torch.Tensor, channels: int, height: int, width: int) -> torch.Tensor:
    return weight.unflatten(1, (channels, height, width))


# %% right="disguises: kernels filled up with zeros; matrix product on flat pixels; einops"
import einops


def grouped(x: torch.Tensor, kernels: torch.Tensor, groups: int) -> torch.Tensor:
    out, deep = kernels.shape[:2]
    full = kernels.new_zeros(out, deep * groups, *kernels.shape[2:])
    for place in range(out):
        first = place // (out // groups) * deep
        full[place, first : first + deep] = kernels[place]
    return F.conv2d(x, full)


def pointwise(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    return (weight @ x.flatten(2)).unflatten(2, x.shape[2:])


def as_kernels(weight: torch.Tensor, channels: int, height: int, width: int) -> torch.Tensor:
    return einops.rearrange(weight, "o (c h w) -> o c h w", c=channels, h=height, w=width)


# %% wrong="disguises: the groups of F.conv2d; breaks: from several without (but not its groups)"
def grouped(x: torch.Tensor, kernels: torch.Tensor, groups: int) -> torch.Tensor:
    """A convolution with groups: (batch, in, height, width) with (out, in / groups, kh, kw)."""
    return F.conv2d(x, kernels, groups=groups)


def pointwise(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """A 1 by 1 convolution: (batch, in, height, width) with (out, in) to (batch, out, height, width)."""
    return torch.einsum("bchw,oc->bohw", x, weight)


def as_kernels(weight: torch.Tensor, channels: int, height: int, width: int) -> torch.Tensor:
    """The kernels (out, channels, height, width) that do what a dense layer does."""
    return weight.reshape(-1, channels, height, width)


# %% wrong="disguises: every so manieth channel makes a group; breaks: the first half of the outputs sees only the first half of the inputs"
def grouped(x: torch.Tensor, kernels: torch.Tensor, groups: int) -> torch.Tensor:
    """A convolution with groups: (batch, in, height, width) with (out, in / groups, kh, kw)."""
    parts = zip([x[:, g::groups] for g in range(groups)], kernels.chunk(groups, dim=0), strict=True)
    return torch.cat([F.conv2d(part, some) for part, some in parts], dim=1)


def pointwise(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """A 1 by 1 convolution: (batch, in, height, width) with (out, in) to (batch, out, height, width)."""
    return torch.einsum("bchw,oc->bohw", x, weight)


def as_kernels(weight: torch.Tensor, channels: int, height: int, width: int) -> torch.Tensor:
    """The kernels (out, channels, height, width) that do what a dense layer does."""
    return weight.reshape(-1, channels, height, width)


# %% wrong="disguises: a 1 by 1 convolution of torch; breaks: without any convolution"
def grouped(x: torch.Tensor, kernels: torch.Tensor, groups: int) -> torch.Tensor:
    """A convolution with groups: (batch, in, height, width) with (out, in / groups, kh, kw)."""
    parts = zip(x.chunk(groups, dim=1), kernels.chunk(groups, dim=0), strict=True)
    return torch.cat([F.conv2d(part, some) for part, some in parts], dim=1)


def pointwise(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """A 1 by 1 convolution: (batch, in, height, width) with (out, in) to (batch, out, height, width)."""
    return F.conv2d(x, weight[:, :, None, None])


def as_kernels(weight: torch.Tensor, channels: int, height: int, width: int) -> torch.Tensor:
    """The kernels (out, channels, height, width) that do what a dense layer does."""
    return weight.reshape(-1, channels, height, width)


# %% wrong="disguises: takes the channels for the last axis; breaks: a dense layer that follows flatten(1) on (channels, height, width)"
def grouped(x: torch.Tensor, kernels: torch.Tensor, groups: int) -> torch.Tensor:
    """A convolution with groups: (batch, in, height, width) with (out, in / groups, kh, kw)."""
    parts = zip(x.chunk(groups, dim=1), kernels.chunk(groups, dim=0), strict=True)
    return torch.cat([F.conv2d(part, some) for part, some in parts], dim=1)


def pointwise(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """A 1 by 1 convolution: (batch, in, height, width) with (out, in) to (batch, out, height, width)."""
    return torch.einsum("bchw,oc->bohw", x, weight)


def as_kernels(weight: torch.Tensor, channels: int, height: int, width: int) -> torch.Tensor:
    """The kernels (out, channels, height, width) that do what a dense layer does."""
    return weight.reshape(-1, height, width, channels).permute(0, 3, 1, 2)


# %% wrong="disguises: kernels turned around, as in mathematics; breaks: the kernels that do what a dense layer does"
def grouped(x: torch.Tensor, kernels: torch.Tensor, groups: int) -> torch.Tensor:
    """A convolution with groups: (batch, in, height, width) with (out, in / groups, kh, kw)."""
    parts = zip(x.chunk(groups, dim=1), kernels.chunk(groups, dim=0), strict=True)
    return torch.cat([F.conv2d(part, some) for part, some in parts], dim=1)


def pointwise(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """A 1 by 1 convolution: (batch, in, height, width) with (out, in) to (batch, out, height, width)."""
    return torch.einsum("bchw,oc->bohw", x, weight)


def as_kernels(weight: torch.Tensor, channels: int, height: int, width: int) -> torch.Tensor:
    """The kernels (out, channels, height, width) that do what a dense layer does."""
    return weight.reshape(-1, channels, height, width).flip(2, 3)


# %% right="pooling: windows by unfold in a helper below"
def max_pool(x: torch.Tensor, kernel: int, stride: int | None = None, padding: int = 0) -> torch.Tensor:
    """The largest number of each window, (batch, channels, height, width) to (batch, channels, rows, columns)."""
    x = F.pad(x, (padding, padding, padding, padding), value=float("-inf"))
    return windows_of(x, kernel, stride).amax(dim=(4, 5))


def avg_pool(x: torch.Tensor, kernel: int, stride: int | None = None) -> torch.Tensor:
    """The mean of each window."""
    return windows_of(x, kernel, stride).mean(dim=(4, 5))


def windows_of(x, kernel, stride):
    """All windows (batch, channels, rows, columns, kernel, kernel)."""
    step = kernel if stride is None else stride
    return x.unfold(2, kernel, step).unfold(3, kernel, step)


# %% right="pooling: two loops over places"
def max_pool(x: torch.Tensor, kernel: int, stride: int | None = None, padding: int = 0) -> torch.Tensor:
    stride = stride or kernel
    x = F.pad(x, (padding,) * 4, value=-torch.inf)
    rows, columns = places(x.shape[2], kernel, stride), places(x.shape[3], kernel, stride)
    result = x.new_empty(*x.shape[:2], rows, columns)
    for r in range(rows):
        for c in range(columns):
            window = x[:, :, r * stride : r * stride + kernel, c * stride : c * stride + kernel]
            result[:, :, r, c] = window.flatten(2).max(dim=2).values
    return result


def avg_pool(x: torch.Tensor, kernel: int, stride: int | None = None) -> torch.Tensor:
    stride = stride or kernel
    rows = []
    for top in range(0, x.shape[2] - kernel + 1, stride):
        row = [
            x[:, :, top : top + kernel, left : left + kernel].mean(dim=(2, 3))
            for left in range(0, x.shape[3] - kernel + 1, stride)
        ]
        rows.append(torch.stack(row, dim=-1))
    return torch.stack(rows, dim=-2)


# %% right="pooling: loops over the window, torch.maximum of shifted pictures; smallest float as the frame"
def shifted(x, kernel, stride):
    stride = kernel if stride is None else stride
    down, right = x.shape[2] - kernel + 1, x.shape[3] - kernel + 1
    return [x[:, :, i : i + down : stride, j : j + right : stride] for i in range(kernel) for j in range(kernel)]


def max_pool(x: torch.Tensor, kernel: int, stride: int | None = None, padding: int = 0) -> torch.Tensor:
    if padding:
        frame = x.new_full((*x.shape[:2], x.shape[2] + 2 * padding, x.shape[3] + 2 * padding), float("-inf"))
        frame[:, :, padding:-padding, padding:-padding] = x
        x = frame
    best, *others = shifted(x, kernel, stride)
    for other in others:
        best = torch.maximum(best, other)
    return best


def avg_pool(x: torch.Tensor, kernel: int, stride: int | None = None) -> torch.Tensor:
    return sum(shifted(x, kernel, stride)) / kernel**2


# %% wrong="pooling: a frame of zeros; breaks: padding must never win against a real pixel, not even where all are negative"
def max_pool(x: torch.Tensor, kernel: int, stride: int | None = None, padding: int = 0) -> torch.Tensor:
    """The largest number of each window, (batch, channels, height, width) to (batch, channels, rows, columns)."""
    x = F.pad(x, (padding, padding, padding, padding), value=0.0)
    return windows_of(x, kernel, stride).amax(dim=(4, 5))


def avg_pool(x: torch.Tensor, kernel: int, stride: int | None = None) -> torch.Tensor:
    """The mean of each window."""
    return windows_of(x, kernel, stride).mean(dim=(4, 5))


def windows_of(x, kernel, stride):
    """All windows (batch, channels, rows, columns, kernel, kernel)."""
    step = kernel if stride is None else stride
    return x.unfold(2, kernel, step).unfold(3, kernel, step)


# %% wrong="pooling: a frame of -1000; breaks: padding must never win against a real pixel (very negative ones)"
def max_pool(x: torch.Tensor, kernel: int, stride: int | None = None, padding: int = 0) -> torch.Tensor:
    """The largest number of each window, (batch, channels, height, width) to (batch, channels, rows, columns)."""
    x = F.pad(x, (padding, padding, padding, padding), value=-1000.0)
    return windows_of(x, kernel, stride).amax(dim=(4, 5))


def avg_pool(x: torch.Tensor, kernel: int, stride: int | None = None) -> torch.Tensor:
    """The mean of each window."""
    return windows_of(x, kernel, stride).mean(dim=(4, 5))


def windows_of(x, kernel, stride):
    """All windows (batch, channels, rows, columns, kernel, kernel)."""
    step = kernel if stride is None else stride
    return x.unfold(2, kernel, step).unfold(3, kernel, step)


# %% wrong="pooling: two as the stride when none is given; breaks: the stride equals the kernel"
def max_pool(x: torch.Tensor, kernel: int, stride: int | None = None, padding: int = 0) -> torch.Tensor:
    """The largest number of each window, (batch, channels, height, width) to (batch, channels, rows, columns)."""
    x = F.pad(x, (padding, padding, padding, padding), value=float("-inf"))
    return windows_of(x, kernel, stride).amax(dim=(4, 5))


def avg_pool(x: torch.Tensor, kernel: int, stride: int | None = None) -> torch.Tensor:
    """The mean of each window."""
    return windows_of(x, kernel, stride).mean(dim=(4, 5))


def windows_of(x, kernel, stride):
    """All windows (batch, channels, rows, columns, kernel, kernel)."""
    step = 2 if stride is None else stride
    return x.unfold(2, kernel, step).unfold(3, kernel, step)


# %% wrong="pooling: a last window that is not whole counts as well; breaks: rows and columns that fill no whole window are left out"
def max_pool(x: torch.Tensor, kernel: int, stride: int | None = None, padding: int = 0) -> torch.Tensor:
    """The largest number of each window, (batch, channels, height, width) to (batch, channels, rows, columns)."""
    x = F.pad(x, (padding, padding, padding, padding), value=float("-inf"))
    return windows_of(x, kernel, stride).amax(dim=(4, 5))


def avg_pool(x: torch.Tensor, kernel: int, stride: int | None = None) -> torch.Tensor:
    """The mean of each window."""
    return windows_of(x, kernel, stride).mean(dim=(4, 5))


def windows_of(x, kernel, stride):
    """All windows (batch, channels, rows, columns, kernel, kernel)."""
    step = kernel if stride is None else stride
    down, right = (-(n - kernel) % step for n in x.shape[2:])
    x = F.pad(x, (0, right, 0, down), mode="replicate")
    return x.unfold(2, kernel, step).unfold(3, kernel, step)


# %% wrong="pooling: the mean does not listen to a stride; breaks: only if no stride is given, the stride equals the kernel"
def max_pool(x: torch.Tensor, kernel: int, stride: int | None = None, padding: int = 0) -> torch.Tensor:
    """The largest number of each window, (batch, channels, height, width) to (batch, channels, rows, columns)."""
    x = F.pad(x, (padding, padding, padding, padding), value=float("-inf"))
    return windows_of(x, kernel, stride).amax(dim=(4, 5))


def avg_pool(x: torch.Tensor, kernel: int, stride: int | None = None) -> torch.Tensor:
    """The mean of each window."""
    return windows_of(x, kernel, kernel).mean(dim=(4, 5))


def windows_of(x, kernel, stride):
    """All windows (batch, channels, rows, columns, kernel, kernel)."""
    step = kernel if stride is None else stride
    return x.unfold(2, kernel, step).unfold(3, kernel, step)


# %% right="make_poolings: the blanks as they are meant"
def make_poolings(rows: int, columns: int):
    """Four layers: fixed, mean, halve and flat."""
    from einops.layers.torch import Rearrange, Reduce

    fixed = nn.AdaptiveMaxPool2d((rows, columns))
    mean = Reduce("b c h w -> b c", "mean")
    halve = Reduce("b c (h 2) (w 2) -> b (c h w)", "max")
    flat = Rearrange("b c h w -> b (c h w)")
    return fixed, mean, halve, flat


# %% right="make_poolings: keywords and a list"
def make_poolings(rows: int, columns: int):
    """Four layers: fixed, mean, halve and flat."""
    from einops.layers.torch import Rearrange, Reduce

    fixed = nn.AdaptiveMaxPool2d(output_size=[rows, columns])
    mean = Reduce("b c h w->b c", reduction="mean")
    halve = Reduce("b c (h 2) (w 2) -> b (c h w)", reduction="max")
    flat = Rearrange(pattern="b c h w -> b (c h w)")
    return fixed, mean, halve, flat


# %% right="make_poolings: patterns kept in names"
def make_poolings(rows: int, columns: int):
    """Four layers: fixed, mean, halve and flat."""
    from einops.layers.torch import Rearrange, Reduce

    size = (rows, columns)
    row_of_numbers = "b (c h w)"
    return (
        nn.AdaptiveMaxPool2d(size),
        Reduce("b c h w -> b c", "mean"),
        Reduce(f"b c (h 2) (w 2) -> {row_of_numbers}", "max"),
        Rearrange(f"b c h w -> {row_of_numbers}"),
    )


# %% wrong="make_poolings: means instead of maxima; breaks: fixed is max pooling to (rows, columns)"
def make_poolings(rows: int, columns: int):
    """Four layers: fixed, mean, halve and flat."""
    from einops.layers.torch import Rearrange, Reduce

    fixed = nn.AdaptiveAvgPool2d((rows, columns))
    mean = Reduce("b c h w -> b c", "mean")
    halve = Reduce("b c (h 2) (w 2) -> b (c h w)", "max")
    flat = Rearrange("b c h w -> b (c h w)")
    return fixed, mean, halve, flat


# %% wrong="make_poolings: columns first; breaks: to (rows, columns)"
def make_poolings(rows: int, columns: int):
    """Four layers: fixed, mean, halve and flat."""
    from einops.layers.torch import Rearrange, Reduce

    fixed = nn.AdaptiveMaxPool2d((columns, rows))
    mean = Reduce("b c h w -> b c", "mean")
    halve = Reduce("b c (h 2) (w 2) -> b (c h w)", "max")
    flat = Rearrange("b c h w -> b (c h w)")
    return fixed, mean, halve, flat


# %% wrong="make_poolings: channels last in the flat row; breaks: flattened to (batch, channels . rows . columns)"
def make_poolings(rows: int, columns: int):
    """Four layers: fixed, mean, halve and flat."""
    from einops.layers.torch import Rearrange, Reduce

    fixed = nn.AdaptiveMaxPool2d((rows, columns))
    mean = Reduce("b c h w -> b c", "mean")
    halve = Reduce("b c (h 2) (w 2) -> b (h w c)", "max")
    flat = Rearrange("b c h w -> b (c h w)")
    return fixed, mean, halve, flat


# %% wrong="make_poolings: columns before rows; breaks: flattened, that is (c h w)"
def make_poolings(rows: int, columns: int):
    """Four layers: fixed, mean, halve and flat."""
    from einops.layers.torch import Rearrange, Reduce

    fixed = nn.AdaptiveMaxPool2d((rows, columns))
    mean = Reduce("b c h w -> b c", "mean")
    halve = Reduce("b c (h 2) (w 2) -> b (c h w)", "max")
    flat = Rearrange("b c h w -> b (c w h)")
    return fixed, mean, halve, flat


# %% wrong="make_poolings: pairs of pixels that lie half a picture apart; breaks: max pooling by 2 (the rows are pairs, (h 2))"
def make_poolings(rows: int, columns: int):
    """Four layers: fixed, mean, halve and flat."""
    from einops.layers.torch import Rearrange, Reduce

    fixed = nn.AdaptiveMaxPool2d((rows, columns))
    mean = Reduce("b c h w -> b c", "mean")
    halve = Reduce("b c (2 h) (2 w) -> b (c h w)", "max")
    flat = Rearrange("b c h w -> b (c h w)")
    return fixed, mean, halve, flat


# %% right="receptive_field: field and jump, then backwards"
def receptive_field(layers: list[tuple[int, int, int]]) -> int:
    """How many pixels there are along one side from the first to the last that one output has seen."""
    field, jump = 1, 1
    for kernel, stride, _ in layers:
        field += (kernel - 1) * jump
        jump *= stride
    return field


def input_size(layers: list[tuple[int, int, int]], wanted: int) -> int:
    """The smallest side of a picture that comes out with side `wanted`."""
    side = wanted
    for kernel, stride, padding in reversed(layers):
        side = (side - 1) * stride + kernel - 2 * padding
    return side


# %% right="receptive_field: backwards from one output without padding; recursion"
def receptive_field(layers: list[tuple[int, int, int]]) -> int:
    return input_size([(kernel, stride, 0) for kernel, stride, _ in layers], 1)


def input_size(layers: list[tuple[int, int, int]], wanted: int) -> int:
    if not layers:
        return wanted
    *before, (kernel, stride, padding) = layers
    return input_size(before, stride * (wanted - 1) + kernel - 2 * padding)


# %% right="receptive_field: sets of pixels that are followed back; index loop"
def receptive_field(layers: list[tuple[int, int, int]]) -> int:
    seen = {0}
    for kernel, stride, _ in layers[::-1]:
        seen = {place * stride + offset for place in seen for offset in range(kernel)}
    return max(seen) - min(seen) + 1


def input_size(layers: list[tuple[int, int, int]], wanted: int) -> int:
    k = len(layers) - 1
    while k >= 0:
        kernel, stride, padding = layers[k]
        wanted = wanted * stride - stride + kernel - padding - padding
        k -= 1
    return wanted


# %% wrong="receptive_field: the jump grows before the layer's own kernel counts; breaks: how far apart two neighbours of the present map lie"
def receptive_field(layers: list[tuple[int, int, int]]) -> int:
    """How many pixels there are along one side from the first to the last that one output has seen."""
    field, jump = 1, 1
    for kernel, stride, _ in layers:
        jump *= stride
        field += (kernel - 1) * jump
    return field


def input_size(layers: list[tuple[int, int, int]], wanted: int) -> int:
    """The smallest side of a picture that comes out with side `wanted`."""
    side = wanted
    for kernel, stride, padding in reversed(layers):
        side = (side - 1) * stride + kernel - 2 * padding
    return side


# %% wrong="receptive_field: jumps are added up; breaks: how far apart in the picture two neighbours of the present map lie (two strides of 3)"
def receptive_field(layers: list[tuple[int, int, int]]) -> int:
    """How many pixels there are along one side from the first to the last that one output has seen."""
    field, jump = 1, 1
    for kernel, stride, _ in layers:
        field += (kernel - 1) * jump
        jump += stride - 1
    return field


def input_size(layers: list[tuple[int, int, int]], wanted: int) -> int:
    """The smallest side of a picture that comes out with side `wanted`."""
    side = wanted
    for kernel, stride, padding in reversed(layers):
        side = (side - 1) * stride + kernel - 2 * padding
    return side


# %% wrong="receptive_field: padding widens the field; breaks: from the first to the last pixel that one output has seen (edges aside)"
def receptive_field(layers: list[tuple[int, int, int]]) -> int:
    """How many pixels there are along one side from the first to the last that one output has seen."""
    field, jump = 1, 1
    for kernel, stride, padding in layers:
        field += (kernel - 1 + max(0, 2 * padding - kernel + 1) + (padding > 0)) * jump
        jump *= stride
    return field


def input_size(layers: list[tuple[int, int, int]], wanted: int) -> int:
    """The smallest side of a picture that comes out with side `wanted`."""
    side = wanted
    for kernel, stride, padding in reversed(layers):
        side = (side - 1) * stride + kernel - 2 * padding
    return side


# %% wrong="receptive_field: walks forwards, right for a list that reads the same from both ends; breaks: the smallest side that comes out with side wanted"
def receptive_field(layers: list[tuple[int, int, int]]) -> int:
    """How many pixels there are along one side from the first to the last that one output has seen."""
    field, jump = 1, 1
    for kernel, stride, _ in layers:
        field += (kernel - 1) * jump
        jump *= stride
    return field


def input_size(layers: list[tuple[int, int, int]], wanted: int) -> int:
    """The smallest side of a picture that comes out with side `wanted`."""
    side = wanted
    for kernel, stride, padding in layers:
        side = (side - 1) * stride + kernel - 2 * padding
    return side


# %% wrong="receptive_field: every place costs a whole stride, so a small kernel gives a larger picture; breaks: the smallest side"
def receptive_field(layers: list[tuple[int, int, int]]) -> int:
    """How many pixels there are along one side from the first to the last that one output has seen."""
    field, jump = 1, 1
    for kernel, stride, _ in layers:
        field += (kernel - 1) * jump
        jump *= stride
    return field


def input_size(layers: list[tuple[int, int, int]], wanted: int) -> int:
    """The smallest side of a picture that comes out with side `wanted`."""
    side = wanted
    for kernel, stride, padding in reversed(layers):
        side = side * stride + max(kernel - stride, 0) - 2 * padding
    return side


# %% right="conv_transpose2d: stamps in two loops"
def conv_transpose2d(x: torch.Tensor, kernels: torch.Tensor, stride: int = 1, padding: int = 0) -> torch.Tensor:
    """(batch, in, height, width) and kernels (in, out, kh, kw) to (batch, out, rows, columns)."""
    batch, _, height, width = x.shape
    _, out, kh, kw = kernels.shape
    rows, columns = (height - 1) * stride + kh, (width - 1) * stride + kw
    canvas = x.new_zeros(batch, out, rows, columns)
    for i in range(height):
        for j in range(width):
            stamp = torch.einsum("bc,cokl->bokl", x[:, :, i, j], kernels)
            canvas[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] += stamp
    return canvas[:, :, padding : rows - padding, padding : columns - padding]


# %% right="conv_transpose2d: loops over the kernel, slices with steps"
def conv_transpose2d(x: torch.Tensor, kernels: torch.Tensor, stride: int = 1, padding: int = 0) -> torch.Tensor:
    height, width = x.shape[2:]
    kh, kw = kernels.shape[2:]
    rows, columns = (height - 1) * stride + kh, (width - 1) * stride + kw
    canvas = torch.zeros(len(x), kernels.shape[1], rows, columns, dtype=x.dtype)
    for k in range(kh):
        for l in range(kw):
            down, right = (
                slice(k, k + (height - 1) * stride + 1, stride),
                slice(l, l + (width - 1) * stride + 1, stride),
            )
            canvas[:, :, down, right] += (kernels[:, :, k, l].T @ x.flatten(2)).unflatten(2, (height, width))
    return canvas[..., padding : rows - padding, padding : columns - padding]


# %% right="conv_transpose2d: zeros between the pixels, then turned kernels over windows"
def conv_transpose2d(x: torch.Tensor, kernels: torch.Tensor, stride: int = 1, padding: int = 0) -> torch.Tensor:
    batch, channels, height, width = x.shape
    kh, kw = kernels.shape[2:]
    wide = x.new_zeros(batch, channels, (height - 1) * stride + 1, (width - 1) * stride + 1)
    wide[:, :, ::stride, ::stride] = x
    wide = F.pad(wide, (kw - 1, kw - 1, kh - 1, kh - 1))
    windows = wide.unfold(2, kh, 1).unfold(3, kw, 1)
    result = torch.einsum("bcrsij,coij->bors", windows, kernels.flip(2, 3))
    return result[:, :, padding : result.shape[2] - padding, padding : result.shape[3] - padding]


# %% wrong="conv_transpose2d: nothing is cut off; breaks: a padding is cut off from the result at all sides"
def conv_transpose2d(x: torch.Tensor, kernels: torch.Tensor, stride: int = 1, padding: int = 0) -> torch.Tensor:
    """(batch, in, height, width) and kernels (in, out, kh, kw) to (batch, out, rows, columns)."""
    batch, _, height, width = x.shape
    _, out, kh, kw = kernels.shape
    rows, columns = (height - 1) * stride + kh, (width - 1) * stride + kw
    canvas = x.new_zeros(batch, out, rows, columns)
    for i in range(height):
        for j in range(width):
            stamp = torch.einsum("bc,cokl->bokl", x[:, :, i, j], kernels)
            canvas[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] += stamp
    return canvas


# %% wrong="conv_transpose2d: cut off above and at the left; breaks: cut off at all sides"
def conv_transpose2d(x: torch.Tensor, kernels: torch.Tensor, stride: int = 1, padding: int = 0) -> torch.Tensor:
    """(batch, in, height, width) and kernels (in, out, kh, kw) to (batch, out, rows, columns)."""
    batch, _, height, width = x.shape
    _, out, kh, kw = kernels.shape
    rows, columns = (height - 1) * stride + kh, (width - 1) * stride + kw
    canvas = x.new_zeros(batch, out, rows, columns)
    for i in range(height):
        for j in range(width):
            stamp = torch.einsum("bc,cokl->bokl", x[:, :, i, j], kernels)
            canvas[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] += stamp
    return canvas[:, :, padding:, padding:]


# %% wrong="conv_transpose2d: the stride counts for columns only; breaks: the next number stamps stride pixels further on (downwards too)"
def conv_transpose2d(x: torch.Tensor, kernels: torch.Tensor, stride: int = 1, padding: int = 0) -> torch.Tensor:
    """(batch, in, height, width) and kernels (in, out, kh, kw) to (batch, out, rows, columns)."""
    batch, _, height, width = x.shape
    _, out, kh, kw = kernels.shape
    rows, columns = height - 1 + kh, (width - 1) * stride + kw
    canvas = x.new_zeros(batch, out, rows, columns)
    for i in range(height):
        for j in range(width):
            stamp = torch.einsum("bc,cokl->bokl", x[:, :, i, j], kernels)
            canvas[:, :, i : i + kh, j * stride : j * stride + kw] += stamp
    return canvas[:, :, padding : rows - padding, padding : columns - padding]


# %% wrong="conv_transpose2d: mean over the channels that come in; breaks: where stamps overlap they add up (in is added up)"
def conv_transpose2d(x: torch.Tensor, kernels: torch.Tensor, stride: int = 1, padding: int = 0) -> torch.Tensor:
    """(batch, in, height, width) and kernels (in, out, kh, kw) to (batch, out, rows, columns)."""
    batch, _, height, width = x.shape
    _, out, kh, kw = kernels.shape
    rows, columns = (height - 1) * stride + kh, (width - 1) * stride + kw
    canvas = x.new_zeros(batch, out, rows, columns)
    for i in range(height):
        for j in range(width):
            stamp = torch.einsum("bc,cokl->bokl", x[:, :, i, j], kernels) / x.shape[1]
            canvas[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] += stamp
    return canvas[:, :, padding : rows - padding, padding : columns - padding]


# %% wrong="conv_transpose2d: stamps upside down; breaks: it stamps a whole kernel (kernels of several rows)"
def conv_transpose2d(x: torch.Tensor, kernels: torch.Tensor, stride: int = 1, padding: int = 0) -> torch.Tensor:
    """(batch, in, height, width) and kernels (in, out, kh, kw) to (batch, out, rows, columns)."""
    batch, _, height, width = x.shape
    _, out, kh, kw = kernels.shape
    rows, columns = (height - 1) * stride + kh, (width - 1) * stride + kw
    canvas = x.new_zeros(batch, out, rows, columns)
    for i in range(height):
        for j in range(width):
            stamp = torch.einsum("bc,cokl->bokl", x[:, :, i, j], kernels.flip(2))
            canvas[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] += stamp
    return canvas[:, :, padding : rows - padding, padding : columns - padding]


# %% right="BatchNorm: var without correction, buffers changed in place"
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
            mean, var = x.mean(dim=(0, 2, 3)), x.var(dim=(0, 2, 3), unbiased=False)
            n = x.numel() // x.shape[1]
            with torch.no_grad():
                self.running_mean.mul_(1 - self.momentum).add_(self.momentum * mean)
                self.running_var.mul_(1 - self.momentum).add_(self.momentum * var * n / (n - 1))
        else:
            mean, var = self.running_mean, self.running_var
        share = self.weight / (var + self.eps).sqrt()
        return (x - mean[:, None, None]) * share[:, None, None] + self.bias[:, None, None]


# %% right="BatchNorm: keepdim, lerp, two variances"
class BatchNorm(nn.Module):
    def __init__(self, channels: int, eps: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight, self.bias = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        for name, start in (("running_mean", 0.0), ("running_var", 1.0)):
            self.register_buffer(name, torch.full((channels,), start))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        shape, axes = (1, -1, 1, 1), (0, 2, 3)
        if self.training:
            mean = x.mean(axes, keepdim=True)
            var = (x - mean).square().mean(axes, keepdim=True)
            self.running_mean.lerp_(mean.detach().flatten(), self.momentum)
            self.running_var.lerp_(x.detach().var(axes), self.momentum)
        else:
            mean, var = self.running_mean.view(shape), self.running_var.view(shape)
        normal = (x - mean) * torch.rsqrt(var + self.eps)
        return self.weight.view(shape) * normal + self.bias.view(shape)


# %% right="BatchNorm: channels first as rows, new tensors for the averages"
class BatchNorm(nn.Module):
    def __init__(self, channels: int, eps: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.register_parameter("weight", nn.Parameter(torch.ones(channels)))
        self.register_parameter("bias", nn.Parameter(torch.zeros(channels)))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def moved(self, old, new):
        return (1 - self.momentum) * old + self.momentum * new.detach()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        rows = x.transpose(0, 1).flatten(1)
        centre, spread = self.running_mean, self.running_var
        if self.training:
            centre = rows.mean(dim=1)
            spread = ((rows - centre[:, None]) ** 2).mean(dim=1)
            self.running_mean = self.moved(self.running_mean, centre)
            self.running_var = self.moved(self.running_var, rows.var(dim=1, correction=1))
        y = (rows - centre[:, None]) / torch.sqrt(spread[:, None] + self.eps)
        y = y * self.weight[:, None] + self.bias[:, None]
        return y.unflatten(1, (x.shape[0], *x.shape[2:])).transpose(0, 1)


# %% wrong="BatchNorm: one mean and variance for all channels together; breaks: for each channel it takes the mean and the variance"
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
            mean, var = x.mean().expand(x.shape[1]), x.var(unbiased=False).expand(x.shape[1])
            n = x.numel() // x.shape[1]
            with torch.no_grad():
                self.running_mean.mul_(1 - self.momentum).add_(self.momentum * mean)
                self.running_var.mul_(1 - self.momentum).add_(self.momentum * var * n / (n - 1))
        else:
            mean, var = self.running_mean, self.running_var
        share = self.weight / (var + self.eps).sqrt()
        return (x - mean[:, None, None]) * share[:, None, None] + self.bias[:, None, None]


# %% wrong="BatchNorm: in evaluation still the numbers of the batch; breaks: in evaluation mode it uses the moving averages"
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
            mean, var = x.mean(dim=(0, 2, 3)), x.var(dim=(0, 2, 3), unbiased=False)
            n = x.numel() // x.shape[1]
            with torch.no_grad():
                self.running_mean.mul_(1 - self.momentum).add_(self.momentum * mean)
                self.running_var.mul_(1 - self.momentum).add_(self.momentum * var * n / (n - 1))
        else:
            mean, var = x.mean(dim=(0, 2, 3)), x.var(dim=(0, 2, 3), unbiased=False)
        share = self.weight / (var + self.eps).sqrt()
        return (x - mean[:, None, None]) * share[:, None, None] + self.bias[:, None, None]


# %% wrong="BatchNorm: a tenth whatever the momentum; breaks: running = (1 - momentum) running + momentum value"
class BatchNorm(nn.Module):
    """Normalises each channel of (batch, channels, height, width), as nn.BatchNorm2d does."""

    def __init__(self, channels: int, eps: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.eps, self.momentum = eps, 0.1
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.training:
            mean, var = x.mean(dim=(0, 2, 3)), x.var(dim=(0, 2, 3), unbiased=False)
            n = x.numel() // x.shape[1]
            with torch.no_grad():
                self.running_mean.mul_(1 - self.momentum).add_(self.momentum * mean)
                self.running_var.mul_(1 - self.momentum).add_(self.momentum * var * n / (n - 1))
        else:
            mean, var = self.running_mean, self.running_var
        share = self.weight / (var + self.eps).sqrt()
        return (x - mean[:, None, None]) * share[:, None, None] + self.bias[:, None, None]


# %% wrong="BatchNorm: averages are parameters without gradient; breaks: make them buffers"
class BatchNorm(nn.Module):
    """Normalises each channel of (batch, channels, height, width), as nn.BatchNorm2d does."""

    def __init__(self, channels: int, eps: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.running_mean = nn.Parameter(torch.zeros(channels), requires_grad=False)
        self.running_var = nn.Parameter(torch.ones(channels), requires_grad=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.training:
            mean, var = x.mean(dim=(0, 2, 3)), x.var(dim=(0, 2, 3), unbiased=False)
            n = x.numel() // x.shape[1]
            with torch.no_grad():
                self.running_mean.mul_(1 - self.momentum).add_(self.momentum * mean)
                self.running_var.mul_(1 - self.momentum).add_(self.momentum * var * n / (n - 1))
        else:
            mean, var = self.running_mean, self.running_var
        share = self.weight / (var + self.eps).sqrt()
        return (x - mean[:, None, None]) * share[:, None, None] + self.bias[:, None, None]


# %% wrong="BatchNorm: n counts the pictures only; breaks: divides by n - 1, where n is batch . height . width"
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
            mean, var = x.mean(dim=(0, 2, 3)), x.var(dim=(0, 2, 3), unbiased=False)
            n = len(x)
            with torch.no_grad():
                self.running_mean.mul_(1 - self.momentum).add_(self.momentum * mean)
                self.running_var.mul_(1 - self.momentum).add_(self.momentum * var * n / (n - 1))
        else:
            mean, var = self.running_mean, self.running_var
        share = self.weight / (var + self.eps).sqrt()
        return (x - mean[:, None, None]) * share[:, None, None] + self.bias[:, None, None]


# %% right="LeNet: the blanks as they are meant"
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


# %% right="LeNet: pdb, view, torch.relu"
class LeNet(nn.Module):
    """Scores (batch, 10) of pictures (batch, 1, 28, 28)."""

    def __init__(self, look: bool = False):
        super(LeNet, self).__init__()
        self.look = look
        self.conv1 = nn.Conv2d(1, 6, kernel_size=5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, kernel_size=5)
        self.pool = nn.MaxPool2d(kernel_size=2, stride=2)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.conv2(x)))
        if self.look:
            import pdb

            pdb.set_trace()
        x = x.view(x.size(0), -1)
        x = torch.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)


# %% right="LeNet: pool before ReLU, reshape(-1, 400), clamp"
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
        x = F.relu(self.pool(self.conv1(x)))
        x = self.pool(F.relu(self.conv2(x)))
        if self.look:
            breakpoint()
        x = x.reshape(-1, 400)
        x = F.relu(self.fc1(x))
        x = self.fc2(x).clamp(min=0)
        return self.fc3(x)


# %% wrong="LeNet: ReLU on the scores; breaks: fc3 gives 10 scores (no ReLU in the drawing)"
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
        return F.relu(self.fc3(x))


# %% wrong="LeNet: mean pooling; breaks: ReLU, and max pooling"
class LeNet(nn.Module):
    """Scores (batch, 10) of pictures (batch, 1, 28, 28)."""

    def __init__(self, look: bool = False):
        super().__init__()
        self.look = look
        self.conv1 = nn.Conv2d(1, 6, kernel_size=5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, kernel_size=5)
        self.pool = nn.AvgPool2d(2)
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


# %% wrong="LeNet: looks around behind flatten; breaks: stops in front of flatten"
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
        x = x.flatten(1)
        if self.look:
            breakpoint()
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)


# %% wrong="LeNet: no ReLU after fc1; breaks: fc1, ReLU"
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
        x = self.fc1(x)
        x = F.relu(self.fc2(x))
        return self.fc3(x)


# %% wrong="LeNet: channels last before flatten; breaks: flatten of (16, 5, 5) to 400"
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
        x = x.permute(0, 2, 3, 1).flatten(1)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)


# %% right="Lambda: the blanks as they are meant"
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


# %% right="Lambda: len(x), positional options, the pairs in a list"
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
    net.add_module("shape", Lambda(lambda x: x.view(len(x), 1, 28, 28)))
    net.add_module("conv1", conv(1, 8, 3, 2, 1))
    net.add_module("relu1", nn.ReLU())
    net.add_module("conv2", conv(8, 16, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1)))
    net.add_module("relu2", nn.ReLU())
    net.add_module("pool", pool(kernel_size=7, stride=7))
    net.add_module("flat", nn.Flatten())
    net.add_module("dense", linear(16, 10))
    return net


def all_at_once() -> nn.Sequential:
    """The same network, with fresh layers, from an ordered dictionary of names and layers."""
    pairs = one_by_one().named_children()
    return nn.Sequential(OrderedDict(list(pairs)))


# %% right="Lambda: all layers written down once more for all_at_once"
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
    pairs = [
        ("shape", Lambda(lambda rows: rows.reshape(-1, 1, 28, 28))),
        ("conv1", conv(1, 8, 3, stride=2, padding=1)),
        ("relu1", nn.ReLU(inplace=True)),
        ("conv2", conv(8, 16, 3, stride=2, padding=1)),
        ("relu2", nn.ReLU(inplace=True)),
        ("pool", pool((7, 7))),
        ("flat", nn.Flatten(start_dim=1)),
        ("dense", linear(in_features=16, out_features=10)),
    ]
    return nn.Sequential(OrderedDict(pairs))


# %% wrong="Lambda: the largest of each window; breaks: pool (average over windows of 7)"
conv, pool, linear = nn.Conv2d, nn.MaxPool2d, nn.Linear


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


# %% wrong="Lambda: kernels of 5 with padding 2; breaks: conv1 (8 kernels of 3 x 3, stride 2, padding 1)"
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
    net.add_module("conv1", conv(1, 8, 5, stride=2, padding=2))
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


# %% wrong="Lambda: always two pictures; breaks: it takes rows of 784 pixels (any number of rows)"
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
    """The same network, with fresh layers, from an ordered dictionary of names and layers."""
    pairs = one_by_one().named_children()
    return nn.Sequential(OrderedDict(pairs))


# %% wrong="Lambda: no ordered dictionary; breaks: all_at_once hands pairs over in an OrderedDict"
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
    return one_by_one()


# %% wrong="Lambda: all calls of all_at_once share one set of layers; breaks: the same network, with fresh layers"
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


shared = one_by_one()


def all_at_once() -> nn.Sequential:
    """The same network, with fresh layers, from an ordered dictionary of names and layers."""
    pairs = shared.named_children()
    return nn.Sequential(OrderedDict(pairs))


# %% right="pipelines: the blanks as they are meant"
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


# %% right="pipelines: keywords, tuples, p written out, another interpolation"
def pipelines(side: int, mean: list[float], std: list[float]):
    """The transforms for training and those for validation."""
    half_or_more = (0.5, 1.0)
    crop = transforms.RandomResizedCrop(size=(side, side), scale=half_or_more)
    flip = transforms.RandomHorizontalFlip(p=0.5)
    resize = transforms.Resize([side, side], interpolation=transforms.InterpolationMode.NEAREST)
    tensor = transforms.ToTensor()
    normal = transforms.Normalize(mean=tuple(mean), std=tuple(std))
    train = transforms.Compose([crop, flip, tensor, normal])
    valid = transforms.Compose([resize, tensor, normal])
    return train, valid


# %% right="pipelines: flip before the crop, two nested compositions"
def pipelines(side: int, mean: list[float], std: list[float]):
    """The transforms for training and those for validation."""
    half_or_more = (0.5, 1.0)
    crop = transforms.RandomResizedCrop(side, scale=half_or_more)
    flip = transforms.RandomHorizontalFlip()
    resize = transforms.Resize((side, side))
    tensor = transforms.ToTensor()
    normal = transforms.Normalize(mean, std)
    ending = transforms.Compose([tensor, normal])
    train = transforms.Compose([flip, crop, ending])
    valid = transforms.Compose([resize, ending])
    return train, valid


# %% wrong="pipelines: the shorter side is scaled and the middle cut out; breaks: validation, the whole picture scaled to side x side"
def pipelines(side: int, mean: list[float], std: list[float]):
    """The transforms for training and those for validation."""
    half_or_more = (0.5, 1.0)
    crop = transforms.RandomResizedCrop(side, scale=half_or_more)
    flip = transforms.RandomHorizontalFlip()
    resize = transforms.Compose([transforms.Resize(side), transforms.CenterCrop(side)])
    tensor = transforms.ToTensor()
    normal = transforms.Normalize(mean, std)
    train = transforms.Compose([crop, flip, tensor, normal])
    valid = transforms.Compose([resize, tensor, normal])
    return train, valid


# %% wrong="pipelines: validation is flipped too; breaks: for validation there is no chance at all"
def pipelines(side: int, mean: list[float], std: list[float]):
    """The transforms for training and those for validation."""
    half_or_more = (0.5, 1.0)
    crop = transforms.RandomResizedCrop(side, scale=half_or_more)
    flip = transforms.RandomHorizontalFlip()
    resize = transforms.Resize((side, side))
    tensor = transforms.ToTensor()
    normal = transforms.Normalize(mean, std)
    train = transforms.Compose([crop, flip, tensor, normal])
    valid = transforms.Compose([resize, flip, tensor, normal])
    return train, valid


# %% wrong="pipelines: training pictures are not normalised; breaks: training, a tensor, normalised"
def pipelines(side: int, mean: list[float], std: list[float]):
    """The transforms for training and those for validation."""
    half_or_more = (0.5, 1.0)
    crop = transforms.RandomResizedCrop(side, scale=half_or_more)
    flip = transforms.RandomHorizontalFlip()
    resize = transforms.Resize((side, side))
    tensor = transforms.ToTensor()
    normal = transforms.Normalize(mean, std)
    train = transforms.Compose([crop, flip, tensor])
    valid = transforms.Compose([resize, tensor, normal])
    return train, valid


# %% wrong="pipelines: upside down half of the time; breaks: flipped left to right"
def pipelines(side: int, mean: list[float], std: list[float]):
    """The transforms for training and those for validation."""
    half_or_more = (0.5, 1.0)
    crop = transforms.RandomResizedCrop(side, scale=half_or_more)
    flip = transforms.RandomVerticalFlip()
    resize = transforms.Resize((side, side))
    tensor = transforms.ToTensor()
    normal = transforms.Normalize(mean, std)
    train = transforms.Compose([crop, flip, tensor, normal])
    valid = transforms.Compose([resize, tensor, normal])
    return train, valid


# %% wrong="pipelines: brightness changes as well; breaks: nothing else is changed"
def pipelines(side: int, mean: list[float], std: list[float]):
    """The transforms for training and those for validation."""
    half_or_more = (0.5, 1.0)
    crop = transforms.RandomResizedCrop(side, scale=half_or_more)
    flip = transforms.RandomHorizontalFlip()
    resize = transforms.Resize((side, side))
    tensor = transforms.ToTensor()
    normal = transforms.Normalize(mean, std)
    train = transforms.Compose([crop, flip, transforms.ColorJitter(brightness=0.3), tensor, normal])
    valid = transforms.Compose([resize, tensor, normal])
    return train, valid


# %% right="boxes: broadcast corners; a list that gets shorter"
def iou(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The IoU of every pair of boxes: (n, 4) and (m, 4) to (n, m)."""
    corner = torch.maximum(a[:, None, :2], b[None, :, :2])
    opposite = torch.minimum(a[:, None, 2:], b[None, :, 2:])
    common = (opposite - corner).clamp(min=0).prod(dim=2)
    area_a = (a[:, 2:] - a[:, :2]).prod(dim=1)
    area_b = (b[:, 2:] - b[:, :2]).prod(dim=1)
    return common / (area_a[:, None] + area_b - common)


def nms(boxes: torch.Tensor, scores: torch.Tensor, threshold: float) -> list[int]:
    """The indices of the boxes that are kept, from the highest score to the lowest."""
    left, kept = scores.argsort(descending=True).tolist(), []
    while left:
        best, *left = left
        kept.append(best)
        left = [k for k in left if iou(boxes[[best]], boxes[[k]]).item() <= threshold]
    return kept


# %% right="boxes: plain loops over pairs; one table of all pairs and a mask"
def iou(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    table = torch.zeros(len(a), len(b), dtype=a.dtype)
    for i, (x1, y1, x2, y2) in enumerate(a.tolist()):
        for j, (x3, y3, x4, y4) in enumerate(b.tolist()):
            common = max(0.0, min(x2, x4) - max(x1, x3)) * max(0.0, min(y2, y4) - max(y1, y3))
            table[i, j] = common / ((x2 - x1) * (y2 - y1) + (x4 - x3) * (y4 - y3) - common)
    return table


def nms(boxes: torch.Tensor, scores: torch.Tensor, threshold: float) -> list[int]:
    pairs = iou(boxes, boxes)
    dropped, kept = torch.zeros(len(boxes), dtype=torch.bool), []
    for k in torch.argsort(scores, descending=True).tolist():
        if not dropped[k]:
            kept.append(k)
            dropped |= pairs[k] > threshold
    return kept


# %% right="boxes: coordinates taken apart by unbind; recursion"
def iou(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    ax1, ay1, ax2, ay2 = a[:, :, None].unbind(1)
    bx1, by1, bx2, by2 = b.T[:, None].unbind(0)
    width = (torch.min(ax2, bx2) - torch.max(ax1, bx1)).clamp(min=0)
    height = (torch.min(ay2, by2) - torch.max(ay1, by1)).clamp(min=0)
    common = width * height
    either = (ax2 - ax1) * (ay2 - ay1) + (bx2 - bx1) * (by2 - by1) - common
    return common / either


def nms(boxes: torch.Tensor, scores: torch.Tensor, threshold: float) -> list[int]:
    def thin(order):
        if len(order) == 0:
            return []
        first, rest = order[0], order[1:]
        apart = iou(boxes[first][None], boxes[rest])[0] <= threshold
        return [int(first), *thin(rest[apart])]

    return thin(scores.sort(descending=True).indices)


# %% wrong="boxes: corners left of zero are moved to zero; breaks: corners may lie left of zero too"
def iou(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The IoU of every pair of boxes: (n, 4) and (m, 4) to (n, m)."""
    a, b = a.clamp(min=0), b.clamp(min=0)
    corner = torch.maximum(a[:, None, :2], b[None, :, :2])
    opposite = torch.minimum(a[:, None, 2:], b[None, :, 2:])
    common = (opposite - corner).clamp(min=0).prod(dim=2)
    area_a = (a[:, 2:] - a[:, :2]).prod(dim=1)
    area_b = (b[:, 2:] - b[:, :2]).prod(dim=1)
    return common / (area_a[:, None] + area_b - common)


def nms(boxes: torch.Tensor, scores: torch.Tensor, threshold: float) -> list[int]:
    """The indices of the boxes that are kept, from the highest score to the lowest."""
    left, kept = scores.argsort(descending=True).tolist(), []
    while left:
        best, *left = left
        kept.append(best)
        left = [k for k in left if iou(boxes[[best]], boxes[[k]]).item() <= threshold]
    return kept


# %% wrong="boxes: corners on whole pixels; breaks: corners may lie anywhere, between pixels"
def iou(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The IoU of every pair of boxes: (n, 4) and (m, 4) to (n, m)."""
    a, b = a.round(), b.round()
    corner = torch.maximum(a[:, None, :2], b[None, :, :2])
    opposite = torch.minimum(a[:, None, 2:], b[None, :, 2:])
    common = (opposite - corner).clamp(min=0).prod(dim=2)
    area_a = (a[:, 2:] - a[:, :2]).prod(dim=1)
    area_b = (b[:, 2:] - b[:, :2]).prod(dim=1)
    return common / (area_a[:, None] + area_b - common)


def nms(boxes: torch.Tensor, scores: torch.Tensor, threshold: float) -> list[int]:
    """The indices of the boxes that are kept, from the highest score to the lowest."""
    left, kept = scores.argsort(descending=True).tolist(), []
    while left:
        best, *left = left
        kept.append(best)
        left = [k for k in left if iou(boxes[[best]], boxes[[k]]).item() <= threshold]
    return kept


# %% wrong="boxes: drops at the threshold too; breaks: whose IoU is above a threshold"
def iou(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The IoU of every pair of boxes: (n, 4) and (m, 4) to (n, m)."""
    corner = torch.maximum(a[:, None, :2], b[None, :, :2])
    opposite = torch.minimum(a[:, None, 2:], b[None, :, 2:])
    common = (opposite - corner).clamp(min=0).prod(dim=2)
    area_a = (a[:, 2:] - a[:, :2]).prod(dim=1)
    area_b = (b[:, 2:] - b[:, :2]).prod(dim=1)
    return common / (area_a[:, None] + area_b - common)


def nms(boxes: torch.Tensor, scores: torch.Tensor, threshold: float) -> list[int]:
    """The indices of the boxes that are kept, from the highest score to the lowest."""
    left, kept = scores.argsort(descending=True).tolist(), []
    while left:
        best, *left = left
        kept.append(best)
        left = [k for k in left if iou(boxes[[best]], boxes[[k]]).item() < threshold]
    return kept


# %% wrong="boxes: a box that was dropped drops others; breaks: take the best of what is left, drop the boxes that overlap with it"
def iou(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The IoU of every pair of boxes: (n, 4) and (m, 4) to (n, m)."""
    corner = torch.maximum(a[:, None, :2], b[None, :, :2])
    opposite = torch.minimum(a[:, None, 2:], b[None, :, 2:])
    common = (opposite - corner).clamp(min=0).prod(dim=2)
    area_a = (a[:, 2:] - a[:, :2]).prod(dim=1)
    area_b = (b[:, 2:] - b[:, :2]).prod(dim=1)
    return common / (area_a[:, None] + area_b - common)


def nms(boxes: torch.Tensor, scores: torch.Tensor, threshold: float) -> list[int]:
    """The indices of the boxes that are kept, from the highest score to the lowest."""
    order = scores.argsort(descending=True).tolist()
    return [k for n, k in enumerate(order) if n == 0 or iou(boxes[[k]], boxes[order[:n]]).max() <= threshold]


# %% wrong="boxes: sorted by index; breaks: from the highest score to the lowest"
def iou(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The IoU of every pair of boxes: (n, 4) and (m, 4) to (n, m)."""
    corner = torch.maximum(a[:, None, :2], b[None, :, :2])
    opposite = torch.minimum(a[:, None, 2:], b[None, :, 2:])
    common = (opposite - corner).clamp(min=0).prod(dim=2)
    area_a = (a[:, 2:] - a[:, :2]).prod(dim=1)
    area_b = (b[:, 2:] - b[:, :2]).prod(dim=1)
    return common / (area_a[:, None] + area_b - common)


def nms(boxes: torch.Tensor, scores: torch.Tensor, threshold: float) -> list[int]:
    """The indices of the boxes that are kept, from the highest score to the lowest."""
    left, kept = scores.argsort(descending=True).tolist(), []
    while left:
        best, *left = left
        kept.append(best)
        left = [k for k in left if iou(boxes[[best]], boxes[[k]]).item() <= threshold]
    return sorted(kept)


# %% right="prepare: permute"
def prepare(photographs: list[torch.Tensor], mean: list[float], std: list[float]) -> torch.Tensor:
    """One normalised float batch (n, 3, height, width) out of bytes (height, width, 3)."""
    batch = torch.stack(photographs) / 255
    batch = batch.permute(0, 3, 1, 2)
    return (batch - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]


# %% right="prepare: each photograph by itself, channels moved to the front"
def prepare(photographs: list[torch.Tensor], mean: list[float], std: list[float]) -> torch.Tensor:
    batch = torch.stack([photograph.movedim(-1, 0).float() / 255 for photograph in photographs])
    return (batch - torch.tensor(mean).reshape(1, 3, 1, 1)) / torch.tensor(std).reshape(1, 3, 1, 1)


# %% right="prepare: normalised while the channels are last, two transposes"
def prepare(photographs: list[torch.Tensor], mean: list[float], std: list[float]) -> torch.Tensor:
    """One normalised float batch (n, 3, height, width) out of bytes (height, width, 3)."""
    batch = torch.stack(photographs) / 255
    batch = (batch - torch.tensor(mean)) / torch.tensor(std)
    return batch.transpose(2, 3).transpose(1, 2).contiguous()


# %% wrong="prepare: multiplies by std; breaks: normalised (takes the mean and divides by the standard deviation)"
def prepare(photographs: list[torch.Tensor], mean: list[float], std: list[float]) -> torch.Tensor:
    """One normalised float batch (n, 3, height, width) out of bytes (height, width, 3)."""
    batch = torch.stack(photographs) / 255
    batch = batch.permute(0, 3, 1, 2)
    return (batch - torch.tensor(mean)[:, None, None]) * torch.tensor(std)[:, None, None]


# %% wrong="prepare: divides first, then takes the mean away; breaks: normalised, takes from each channel its mean and divides by its standard deviation"
def prepare(photographs: list[torch.Tensor], mean: list[float], std: list[float]) -> torch.Tensor:
    """One normalised float batch (n, 3, height, width) out of bytes (height, width, 3)."""
    batch = torch.stack(photographs) / 255
    batch = batch.permute(0, 3, 1, 2)
    return batch / torch.tensor(std)[:, None, None] - torch.tensor(mean)[:, None, None]


# %% wrong="prepare: every photograph is the first one; breaks: one batch (n, 3, height, width) out of all photographs"
def prepare(photographs: list[torch.Tensor], mean: list[float], std: list[float]) -> torch.Tensor:
    """One normalised float batch (n, 3, height, width) out of bytes (height, width, 3)."""
    batch = torch.stack([photographs[0]] * len(photographs)) / 255
    batch = batch.permute(0, 3, 1, 2)
    return (batch - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]


# %% wrong="prepare: upside down; breaks: each channel should look like a photograph (rows in their order)"
def prepare(photographs: list[torch.Tensor], mean: list[float], std: list[float]) -> torch.Tensor:
    """One normalised float batch (n, 3, height, width) out of bytes (height, width, 3)."""
    batch = torch.stack(photographs) / 255
    batch = batch.permute(0, 3, 1, 2).flip(2)
    return (batch - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]


# %% wrong="prepare: the mean of the first channel for all; breaks: normalised, each channel by its own mean"
def prepare(photographs: list[torch.Tensor], mean: list[float], std: list[float]) -> torch.Tensor:
    """One normalised float batch (n, 3, height, width) out of bytes (height, width, 3)."""
    batch = torch.stack(photographs) / 255
    batch = batch.permute(0, 3, 1, 2)
    return (batch - torch.tensor(mean)[:1, None, None]) / torch.tensor(std)[:, None, None]
