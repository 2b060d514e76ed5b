# Answers to the exercises of 1_block.py, right and wrong: what `course audit` grades. No student sees them.

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


# %% wrong="residual_by_hand: the shortcut cut off from the graph"
def residual_by_hand(a, w1, b1, w2, b2):
    return F.relu(F.relu(a @ w1 + b1) @ w2 + b2 + a.detach())


# %% wrong="ResidualBlock: the main path cut off from the graph"
class ResidualBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.downsample = None
        if stride != 1 or in_channels != out_channels:
            shortcut = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.downsample = nn.Sequential(shortcut, nn.BatchNorm2d(out_channels))

    def forward(self, x):
        out = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(out.detach() + (x if self.downsample is None else self.downsample(x)))


# %% wrong="ResidualBlock: the shortcut cut off from the graph"
class ResidualBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.downsample = None
        if stride != 1 or in_channels != out_channels:
            shortcut = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.downsample = nn.Sequential(shortcut, nn.BatchNorm2d(out_channels))

    def forward(self, x):
        out = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(out + (x if self.downsample is None else self.downsample(x)).detach())


# %% wrong="ResidualBlock: the first convolution cut off from the graph"
class ResidualBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.downsample = None
        if stride != 1 or in_channels != out_channels:
            shortcut = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.downsample = nn.Sequential(shortcut, nn.BatchNorm2d(out_channels))

    def forward(self, x):
        out = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x))).detach()))
        return F.relu(out + (x if self.downsample is None else self.downsample(x)))


# %% wrong="identity_conv: one layer for everybody who asks for that many channels"
kept_layers = {}


def identity_conv(channels: int) -> nn.Conv2d:
    if channels not in kept_layers:
        kept_layers[channels] = nn.Conv2d(channels, channels, kernel_size=3, padding=1, bias=False)
        nn.init.dirac_(kept_layers[channels].weight)
    return kept_layers[channels]


# %% wrong="residual_by_hand: ReLU6, which small numbers do not show"
def residual_by_hand(a: torch.Tensor, w1, b1, w2, b2) -> torch.Tensor:
    inner = F.relu6(a @ w1 + b1)
    return F.relu6(inner @ w2 + b2 + a)


# %% wrong="residual_by_hand: a single row loses its axis"
def residual_by_hand(a: torch.Tensor, w1, b1, w2, b2) -> torch.Tensor:
    return F.relu(F.relu(a @ w1 + b1) @ w2 + b2 + a).squeeze(0)


# %% wrong="ResidualBlock: large numbers are cut off"
class ResidualBlock(nn.Module):
    def __init__(self, in_channels: int, out_channels: int, stride: int = 1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.relu = nn.ReLU()
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.downsample = None
        if stride != 1 or in_channels != out_channels:
            self.downsample = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, stride, bias=False), nn.BatchNorm2d(out_channels)
            )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        return F.hardtanh(out + (x if self.downsample is None else self.downsample(x)), 0.0, 40.0)


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


# %% wrong="block_group: the later blocks in a Sequential of their own"
def block_group(block, n_blocks: int, in_channels: int, out_channels: int, first_stride: int) -> nn.Sequential:
    rest = [block(out_channels, out_channels) for _ in range(n_blocks - 1)]
    return nn.Sequential(block(in_channels, out_channels, first_stride), nn.Sequential(*rest))


# %% [markdown] explains="identity_conv"
# Output channel i should be input channel i, so `weight[i, i]` must have a 1 in the middle and zeros around it, and
# `weight[i, j]` is all zeros for $i \ne j$. That is what `nn.init.dirac_` writes, in place and without recording. By
# hand it is a loop over `conv.weight[i, i, 1, 1] = 1` inside `torch.no_grad()`, after a `zero_()`. The padding of 1
# keeps the size: a window of three loses one pixel on either side without it.
#
# With ones everywhere in the middle, also for $i \ne j$, each output would be the *sum* of all channels, which with a
# single channel looks right. With the 1 in a corner the picture moves by one pixel. And the weights stay parameters.
# The point of the exercise is that training *could* find this layer, and that in plain deep networks it does not.

# %% [markdown] explains="residual_by_hand"
# Read the formula from the inside: layer, ReLU, layer, and then the input comes back in, *before* the last ReLU. `z` is
# what the second layer says on its own. With weights of zero it is 0, and `relu(0 + a)` is `a` for a signal that is
# nowhere negative. That is the check to do in your head: when the layers are silent, the block passes on what came.
#
# `F.relu(z) + a`, with the shortcut after the ReLU, passes that check too and is another block. Its branch can only
# *add* and never take away, so the signal grows from block to block. Multiplying instead of adding makes "do nothing"
# mean $F = 1$ and loses the 1 in the slope $1 + F'$, which is what lets the gradient through.

# %% [markdown] explains="ResidualBlock"
# `x` and `F(x)` can differ in two ways: in the channels, if `in_channels != out_channels`, or in the size, if
# `stride != 1`. Either of them is enough to need a projection, hence `or`. With `and` a block that only halves the size
# would try to add 8 × 8 to 4 × 4. The projection takes the same stride as `conv1`, and both round up, so odd sizes fit
# as well: 5 becomes 3 on both ways.
#
# Why no projection where shapes agree? It would work, and there would be no way left on which the signal passes
# unchanged. The last ReLU comes after the sum and not before, as in the formula. No convolution has a bias, since batch
# norm takes away each channel's mean and has a bias of its own. That the names are torchvision's costs nothing now and
# will let you load its weights in section 4.

# %% [markdown] explains="block_group"
# The first block is different: it takes the channels that come in, and the stride. What leaves it has `out_channels`,
# so all others go from there to there with stride 1. If each of them took the stride, three blocks would make a picture
# of 56 into one of 7.
#
# Each block is made by a call of its own. `[block(out, out)] * (n - 1)` would put *one* block into the list several
# times: the signal would meet the same weights again and again, and a group of 6 would have the parameters of two. No
# shape would complain. `nn.Sequential(*blocks)` registers the blocks under the names "0", "1", …, which is what
# torchvision's weights are called inside a group.
