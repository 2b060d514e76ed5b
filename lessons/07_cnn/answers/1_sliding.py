# Answers to the exercises of 1_sliding.py, right and wrong: what `course audit` grades. No student sees them.

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


# %% wrong="pad2d: numpy, which autograd does not see"
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


# %% wrong="pad2d: the size of the value without its sign"
def pad2d(x, left, right, top, bottom, value=0.0):
    return F.pad(x, (left, right, top, bottom), value=abs(value))


# %% wrong="pad2d: cut off from the graph"
def pad2d(x, left, right, top, bottom, value=0.0):
    batch, channels, height, width = x.shape
    padded = x.new_full((batch, channels, top + height + bottom, left + width + right), value)
    padded[..., top : top + height, left : left + width] = x.detach()
    return padded


# %% wrong="conv1d: the library's"
def conv1d(signal, kernels, stride=1):
    return F.conv1d(signal, kernels, stride=stride)


# %% wrong="conv1d: the library's layer"
def conv1d(signal, kernels, stride=1):
    layer = nn.Conv1d(kernels.shape[1], kernels.shape[0], kernels.shape[2], stride, bias=False)
    layer.weight.data = kernels
    return layer(signal)


# %% wrong="conv1d: detached"
def conv1d(signal, kernels, stride=1):
    size = kernels.shape[-1]
    starts = range(0, signal.shape[-1] - size + 1, stride)
    sums = [(signal[:, None, :, s : s + size] * kernels.detach()).sum(dim=(2, 3)) for s in starts]
    return torch.stack(sums, dim=2)


# %% wrong="conv2d: the library's"
def conv2d(x, kernels, bias=None, stride=1, padding=0):
    return F.conv2d(x, kernels, bias, stride, padding)


# %% wrong="conv2d: cannot be trained"
def conv2d(x, kernels, bias=None, stride=1, padding=0):
    x = F.pad(x, (padding,) * 4).detach()
    kh, kw = kernels.shape[2:]
    rows, columns = range(0, x.shape[2] - kh + 1, stride), range(0, x.shape[3] - kw + 1, stride)
    y = torch.zeros(len(x), len(kernels), len(rows), len(columns))
    for i, r in enumerate(rows):
        for j, c in enumerate(columns):
            y[:, :, i, j] = (x[:, None, :, r : r + kh, c : c + kw] * kernels.detach()).sum(dim=(2, 3, 4))
    return y if bias is None else y + bias.detach()[:, None, None]


# %% wrong="out_size: kernels of five only"
def out_size(side, kernel, stride=1, padding=0, dilation=1):
    return (side + 2 * padding - dilation * 4 - 1) // stride + 1


def count_parameters(in_channels, out_channels, kernel, groups=1, bias=True):
    weights = out_channels * (in_channels // groups) * kernel**2
    return weights + out_channels if bias else weights


def same_padding(kernel, dilation=1):
    return dilation * (kernel - 1) // 2


# %% wrong="out_size: rounds up"
def out_size(side, kernel, stride=1, padding=0, dilation=1):
    return -(-(side + 2 * padding - dilation * (kernel - 1) - 1) // stride) + 1


def count_parameters(in_channels, out_channels, kernel, groups=1, bias=True):
    weights = out_channels * (in_channels // groups) * kernel**2
    return weights + out_channels if bias else weights


def same_padding(kernel, dilation=1):
    return dilation * (kernel - 1) // 2


# %% wrong="out_size: same padding for kernels of three only"
def out_size(side, kernel, stride=1, padding=0, dilation=1):
    return (side + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


def count_parameters(in_channels, out_channels, kernel, groups=1, bias=True):
    weights = out_channels * (in_channels // groups) * kernel**2
    return weights + out_channels if bias else weights


def same_padding(kernel, dilation=1):
    return 1 * dilation


# %% wrong="out_size: same padding without dilation beyond two"
def out_size(side, kernel, stride=1, padding=0, dilation=1):
    return (side + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


def count_parameters(in_channels, out_channels, kernel, groups=1, bias=True):
    weights = out_channels * (in_channels // groups) * kernel**2
    return weights + out_channels if bias else weights


def same_padding(kernel, dilation=1):
    return min(dilation, 2) * (kernel - 1) // 2
