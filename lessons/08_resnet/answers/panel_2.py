# Answers by a panel that read only the released notebook: what `course audit` grades and counts apart. No student sees them.

# %% right="identity_conv: nn.init.dirac_, once more"
def identity_conv(channels: int) -> nn.Conv2d:
    conv = nn.Conv2d(channels, channels, kernel_size=3, stride=1, padding=1, bias=False)
    nn.init.dirac_(conv.weight)
    return conv


# %% right="identity_conv: zeros and a loop over the channels under no_grad, padding same"
def identity_conv(channels: int) -> nn.Conv2d:
    layer = nn.Conv2d(channels, channels, 3, padding="same", bias=False)
    with torch.no_grad():
        layer.weight.zero_()
        for c in range(channels):
            layer.weight[c, c, 1, 1] = 1
    return layer


# %% right="identity_conv: a padded identity matrix becomes the new Parameter"
def identity_conv(channels: int) -> nn.Conv2d:
    kernel = F.pad(torch.eye(channels)[:, :, None, None], (1, 1, 1, 1))
    conv = nn.Conv2d(channels, channels, (3, 3), padding=(1, 1), bias=False)
    conv.weight = nn.Parameter(kernel)
    return conv


# %% wrong="identity_conv: a bias of zeros is there; breaks: Make a 3x3 convolution without bias, seen with conv.bias is not None for any channels"
def identity_conv(channels: int) -> nn.Conv2d:
    conv = nn.Conv2d(channels, channels, 3, padding=1)
    nn.init.dirac_(conv.weight)
    nn.init.zeros_(conv.bias)
    return conv


# %% wrong="identity_conv: only channels 0 and 1 are set; breaks: returns exactly what it is given, from channels to channels, seen with channels=3 (third channel is zero) and channels=1 (IndexError)"
def identity_conv(channels: int) -> nn.Conv2d:
    conv = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
    with torch.no_grad():
        conv.weight.zero_()
        conv.weight[0, 0, 1, 1] = 1.0
        conv.weight[1, 1, 1, 1] = 1.0
    return conv


# %% wrong="identity_conv: small noise is left to break the symmetry; breaks: returns exactly what it is given, seen with torch.equal(conv(x), x) for any random x"
def identity_conv(channels: int) -> nn.Conv2d:
    conv = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
    with torch.no_grad():
        conv.weight.mul_(1e-6)
        for i in range(channels):
            conv.weight[i, i, 1, 1] = 1.0
    return conv


# %% wrong="identity_conv: the weight is a plain tensor, no Parameter; breaks: It stays a normal layer, whose weights can be trained, seen with list(conv.parameters()) which is empty, state_dict() too"
def identity_conv(channels: int) -> nn.Conv2d:
    conv = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
    weight = torch.zeros(channels, channels, 3, 3)
    weight[range(channels), range(channels), 1, 1] = 1
    del conv.weight
    conv.weight = weight.requires_grad_()
    return conv


# %% wrong="identity_conv: the weights are frozen and stay so; breaks: whose weights can be trained, gradients flow back to weight, seen with conv.weight.requires_grad"
def identity_conv(channels: int) -> nn.Conv2d:
    conv = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
    conv.weight.requires_grad = False
    conv.weight[:] = 0
    conv.weight[:, :, 1, 1] = torch.eye(channels)
    return conv


# %% right="residual_by_hand: the blanks filled"
def residual_by_hand(a: torch.Tensor, w1, b1, w2, b2) -> torch.Tensor:
    """Two dense layers and a shortcut around both: (batch, n) in and out; w1 is (n, hidden), w2 is (hidden, n)."""
    inner = F.relu(a @ w1 + b1)
    z = inner @ w2 + b2
    return F.relu(z + a)


# %% right="residual_by_hand: F.linear with transposed weights, in place on own results"
def residual_by_hand(a, w1, b1, w2, b2):
    hidden = F.linear(a, w1.T, b1).relu_()
    z = F.linear(hidden, w2.T)
    z += b2
    z += a
    return z.relu_()


# %% right="residual_by_hand: einsum and clamp, the shortcut is an identity matrix below w2"
def residual_by_hand(a: torch.Tensor, w1, b1, w2, b2) -> torch.Tensor:
    def dense(x, w, b):
        return torch.einsum("bi,ij->bj", x, w) + b

    hidden = dense(a, w1, b1).clamp(min=0)
    both = torch.cat([hidden, a], dim=1)
    weights = torch.cat([w2, torch.eye(a.shape[1], dtype=w2.dtype, device=w2.device)])
    return torch.relu(dense(both, weights, b2))


# %% wrong="residual_by_hand: ReLU before the addition; breaks: the shortcut joins before its ReLU g, seen with any negative entry of a (output may be negative) or negative z"
def residual_by_hand(a: torch.Tensor, w1, b1, w2, b2) -> torch.Tensor:
    inner = F.relu(a @ w1 + b1)
    z = inner @ w2 + b2
    return F.relu(z) + a


# %% wrong="residual_by_hand: no ReLU between the layers; breaks: the drawing layer - ReLU - layer, seen with inputs for which a @ w1 + b1 has negative entries"
def residual_by_hand(a: torch.Tensor, w1, b1, w2, b2) -> torch.Tensor:
    inner = F.linear(a, w1.T, b1)
    z = inner @ w2 + b2
    return F.relu(z + a)


# %% wrong="residual_by_hand: b2 is forgotten; breaks: two dense layers with weights w1, b1, w2, b2, seen with any b2 that is not zero"
def residual_by_hand(a: torch.Tensor, w1, b1, w2, b2) -> torch.Tensor:
    inner = F.relu(a @ w1 + b1)
    z = inner @ w2 + a
    return F.relu(z)


# %% wrong="residual_by_hand: the shortcut goes through a ReLU of its own; breaks: a[l+2] = g(z[l+2] + a[l]), seen with negative entries in a where z is positive"
def residual_by_hand(a: torch.Tensor, w1, b1, w2, b2) -> torch.Tensor:
    inner = F.relu(a @ w1 + b1)
    z = inner @ w2 + b2
    return F.relu(z + F.relu(a))


# %% wrong="residual_by_hand: the shortcut is detached; breaks: gradients flow back to a, seen with the gradient at a, which lacks the copy through the shortcut"
def residual_by_hand(a: torch.Tensor, w1, b1, w2, b2) -> torch.Tensor:
    inner = F.relu(a @ w1 + b1)
    z = inner @ w2 + b2
    return F.relu(z + a.detach())


# %% right="ResidualBlock: the blanks filled"
class ResidualBlock(nn.Module):
    """Two 3x3 convolutions and a shortcut: (batch, in, h, w) -> (batch, out, h / stride, w / stride)."""

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
                nn.Conv2d(in_channels, out_channels, 1, stride, bias=False),
                nn.BatchNorm2d(out_channels),
            )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        shortcut = x if self.downsample is None else self.downsample(x)
        return self.relu(out + shortcut)


# %% right="ResidualBlock: a subclass of torchvision's BasicBlock that makes its own projection"
class ResidualBlock(torchvision.models.resnet.BasicBlock):
    """torchvision's block."""

    def __init__(self, in_channels: int, out_channels: int, stride: int = 1):
        needed = in_channels != out_channels or stride != 1
        way_around = None
        if needed:
            way_around = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, kernel_size=1, stride=stride, bias=False),
                nn.BatchNorm2d(out_channels),
            )
        super().__init__(in_channels, out_channels, stride, way_around)


# %% right="ResidualBlock: helper for the convolutions, functional in-place ReLU and addition on own tensors"
def _three_by_three(before, after, stride):
    return nn.Conv2d(
        before, after, kernel_size=(3, 3), stride=(stride, stride), padding="same" if stride == 1 else 1, bias=False
    )


class ResidualBlock(nn.Module):
    def __init__(self, in_channels: int, out_channels: int, stride: int = 1):
        super().__init__()
        self.downsample = None
        if (in_channels, 1) != (out_channels, stride):
            self.downsample = nn.Sequential()
            self.downsample.append(nn.Conv2d(in_channels, out_channels, 1, stride=stride, bias=False))
            self.downsample.append(nn.BatchNorm2d(out_channels))
        sizes = [(in_channels, stride), (out_channels, 1)]
        for number, (before, step) in enumerate(sizes, start=1):
            setattr(self, f"conv{number}", _three_by_three(before, out_channels, step))
            setattr(self, f"bn{number}", nn.BatchNorm2d(out_channels))
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        if self.downsample is not None:
            x = self.downsample(x)
        out += x
        return self.relu(out)


# %% wrong="ResidualBlock: projection only where the channels differ; breaks: downsample where it is needed, seen with (4, 4, 2): shapes do not fit"
class ResidualBlock(nn.Module):
    def __init__(self, in_channels: int, out_channels: int, stride: int = 1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.relu = nn.ReLU()
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.downsample = None
        if in_channels != out_channels:
            self.downsample = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, stride, bias=False),
                nn.BatchNorm2d(out_channels),
            )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        shortcut = x if self.downsample is None else self.downsample(x)
        return self.relu(out + shortcut)


# %% wrong="ResidualBlock: projection only where channels grow or the picture shrinks; breaks: x and F(x) must have the same shape, downsample where it is needed, seen with (4, 2, 1): shapes do not fit, and (4, 1, 1): broadcast to 4 channels"
class ResidualBlock(nn.Module):
    def __init__(self, in_channels: int, out_channels: int, stride: int = 1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.relu = nn.ReLU()
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.downsample = None
        if stride > 1 or out_channels > in_channels:
            self.downsample = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, stride, bias=False),
                nn.BatchNorm2d(out_channels),
            )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        shortcut = x if self.downsample is None else self.downsample(x)
        return self.relu(out + shortcut)


# %% wrong="ResidualBlock: stride 2 where the channels differ, the argument is ignored; breaks: conv1 takes the stride, seen with (2, 4, 1): half the size comes out"
class ResidualBlock(nn.Module):
    def __init__(self, in_channels: int, out_channels: int, stride: int = 1):
        super().__init__()
        needed = in_channels != out_channels
        stride = 2 if needed else 1
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.relu = nn.ReLU()
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.downsample = None
        if needed:
            self.downsample = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, stride, bias=False),
                nn.BatchNorm2d(out_channels),
            )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        shortcut = x if self.downsample is None else self.downsample(x)
        return self.relu(out + shortcut)


# %% wrong="ResidualBlock: the projection is put into evaluation mode by forward; breaks: it leaves no trace: training mode is as before, seen with block (2, 4, 2) in training mode: downsample[1].training is False afterwards, and its running statistics never move"
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
                nn.Conv2d(in_channels, out_channels, 1, stride, bias=False),
                nn.BatchNorm2d(out_channels),
            )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        shortcut = x if self.downsample is None else self.downsample.eval()(x)
        return self.relu(out + shortcut)


# %% wrong="ResidualBlock: conv2 has a bias; breaks: No convolution has a bias, seen with block.conv2.bias, torchvision's weights cannot be loaded"
class ResidualBlock(nn.Module):
    def __init__(self, in_channels: int, out_channels: int, stride: int = 1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.relu = nn.ReLU()
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=True)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.downsample = None
        if stride != 1 or in_channels != out_channels:
            self.downsample = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, stride, bias=False),
                nn.BatchNorm2d(out_channels),
            )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        shortcut = x if self.downsample is None else self.downsample(x)
        return self.relu(out + shortcut)


# %% right="block_group: the blanks filled"
def block_group(block, n_blocks: int, in_channels: int, out_channels: int, first_stride: int) -> nn.Sequential:
    """n blocks in a row; the first goes from in to out with the stride, the rest from out to out with stride 1."""
    blocks = [block(in_channels, out_channels, first_stride)]
    for _ in range(n_blocks - 1):
        blocks.append(block(out_channels, out_channels))
    return nn.Sequential(*blocks)


# %% right="block_group: one comprehension over tuples of sizes"
def block_group(block, n_blocks, in_channels, out_channels, first_stride):
    sizes = [(in_channels, out_channels, first_stride)] + (n_blocks - 1) * [(out_channels, out_channels, 1)]
    return nn.Sequential(*(block(*three) for three in sizes))


# %% right="block_group: grows a Sequential with add_module while the sizes move on"
def block_group(block, n_blocks: int, in_channels: int, out_channels: int, first_stride: int) -> nn.Sequential:
    group, before, stride = nn.Sequential(), in_channels, first_stride
    while len(group) < n_blocks:
        group.add_module(str(len(group)), block(before, out_channels, stride))
        before, stride = out_channels, 1
    return group


# %% wrong="block_group: the later blocks are one and the same object; breaks: n blocks in a row, seen with the number of parameters for n_blocks=3"
def block_group(block, n_blocks: int, in_channels: int, out_channels: int, first_stride: int) -> nn.Sequential:
    blocks = [block(in_channels, out_channels, first_stride)]
    blocks += [block(out_channels, out_channels, 1)] * (n_blocks - 1)
    return nn.Sequential(*blocks)


# %% wrong="block_group: stride guessed from the channels, first_stride ignored; breaks: the first goes from in to out with the stride, seen with (block, 2, 64, 256, 1) or (block, 2, 64, 64, 2)"
def block_group(block, n_blocks: int, in_channels: int, out_channels: int, first_stride: int) -> nn.Sequential:
    stride = 1 if in_channels == out_channels else 2
    blocks = [block(in_channels, out_channels, stride)]
    for _ in range(n_blocks - 1):
        blocks.append(block(out_channels, out_channels, 1))
    return nn.Sequential(*blocks)


# %% wrong="block_group: always three blocks; breaks: n blocks in a row, seen with n_blocks=2 or 6"
def block_group(block, n_blocks: int, in_channels: int, out_channels: int, first_stride: int) -> nn.Sequential:
    first = block(in_channels, out_channels, first_stride)
    second = block(out_channels, out_channels)
    third = block(out_channels, out_channels)
    return nn.Sequential(first, second, third)


# %% wrong="block_group: at least two blocks; breaks: n blocks in a row, seen with n_blocks=1, which gives two"
def block_group(block, n_blocks: int, in_channels: int, out_channels: int, first_stride: int) -> nn.Sequential:
    blocks = [block(in_channels, out_channels, first_stride)]
    while True:
        blocks.append(block(out_channels, out_channels, 1))
        if len(blocks) >= n_blocks:
            return nn.Sequential(*blocks)


# %% wrong="block_group: uses ResidualBlock, whatever block is; breaks: block is a class or function that makes one block, seen with any other block"
def block_group(block, n_blocks: int, in_channels: int, out_channels: int, first_stride: int) -> nn.Sequential:
    blocks = [ResidualBlock(in_channels, out_channels, first_stride)]
    for _ in range(n_blocks - 1):
        blocks.append(ResidualBlock(out_channels, out_channels, 1))
    return nn.Sequential(*blocks)


# %% right="ResNet: written out, as the table has it"
class ResNet(nn.Module):
    """A residual network for colour pictures: (batch, 3, h, w) -> (batch, classes)."""

    def __init__(self, group, n_blocks: tuple[int, int, int, int], classes: int = 1000):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU()
        self.maxpool = nn.MaxPool2d(3, stride=2, padding=1)
        self.layer1 = group(n_blocks[0], 64, 64, 1)
        self.layer2 = group(n_blocks[1], 64, 128, 2)
        self.layer3 = group(n_blocks[2], 128, 256, 2)
        self.layer4 = group(n_blocks[3], 256, 512, 2)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(512, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(self.avgpool(x).flatten(1))


# %% right="ResNet: a Sequential whose parts carry the names of the table"
class ResNet(nn.Sequential):
    def __init__(self, group, n_blocks, classes=1000):
        super().__init__()
        self.add_module("conv1", nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3, bias=False))
        self.add_module("bn1", nn.BatchNorm2d(64))
        self.add_module("relu", nn.ReLU(inplace=True))
        self.add_module("maxpool", nn.MaxPool2d(kernel_size=3, stride=2, padding=1))
        before = 64
        for place, n in enumerate(n_blocks):
            after = 64 * 2**place
            self.add_module(f"layer{place + 1}", group(n, before, after, 1 if place == 0 else 2))
            before = after
        self.add_module("avgpool", nn.AdaptiveAvgPool2d((1, 1)))
        self.add_module("flatten", nn.Flatten())
        self.add_module("fc", nn.Linear(before, classes))


# %% right="ResNet: loop with setattr, functional pooling, mean over the flattened pixels"
class ResNet(nn.Module):
    def __init__(self, group, n_blocks: tuple[int, int, int, int], classes: int = 1000):
        super().__init__()
        widths = [64, 64, 128, 256, 512]
        self.fc = nn.Linear(widths[-1], classes)
        self.bn1 = nn.BatchNorm2d(widths[0])
        self.conv1 = nn.Conv2d(3, widths[0], 7, 2, 3, bias=False)
        for number, (n, (before, after)) in enumerate(zip(n_blocks, pairwise(widths), strict=True), start=1):
            setattr(self, f"layer{number}", group(n, before, after, min(number, 2)))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        signal = F.relu(self.bn1(self.conv1(x)))
        signal = F.max_pool2d(signal, 3, 2, 1)
        for number in range(1, 5):
            signal = getattr(self, f"layer{number}")(signal)
        return self.fc(signal.flatten(2).mean(-1))


# %% wrong="ResNet: the last mean takes square windows as wide as the picture; breaks: The network must take pictures of any size that is not tiny, seen with 96x64 (only the first rows are averaged) and 64x96 (error)"
class ResNet(nn.Module):
    def __init__(self, group, n_blocks: tuple[int, int, int, int], classes: int = 1000):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.layer1 = group(n_blocks[0], 64, 64, 1)
        self.layer2 = group(n_blocks[1], 64, 128, 2)
        self.layer3 = group(n_blocks[2], 128, 256, 2)
        self.layer4 = group(n_blocks[3], 256, 512, 2)
        self.fc = nn.Linear(512, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        x = F.avg_pool2d(x, x.shape[-1])
        return self.fc(x.flatten(1))


# %% wrong="ResNet: the largest pixel instead of the mean at the end; breaks: the mean of each channel over all its pixels, seen with torchvision's weights and any picture larger than 32x32"
class ResNet(nn.Module):
    def __init__(self, group, n_blocks: tuple[int, int, int, int], classes: int = 1000):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.maxpool = nn.MaxPool2d(3, stride=2, padding=1)
        self.layer1 = group(n_blocks[0], 64, 64, 1)
        self.layer2 = group(n_blocks[1], 64, 128, 2)
        self.layer3 = group(n_blocks[2], 128, 256, 2)
        self.layer4 = group(n_blocks[3], 256, 512, 2)
        self.pool = nn.AdaptiveMaxPool2d(1)
        self.fc = nn.Linear(512, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.maxpool(F.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(self.pool(x).flatten(1))


# %% wrong="ResNet: no ReLU after the first batch norm; breaks: conv1, bn1: batch norm; ReLU, seen with torchvision's weights wherever a whole pooling window is negative"
class ResNet(nn.Module):
    def __init__(self, group, n_blocks: tuple[int, int, int, int], classes: int = 1000):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.maxpool = nn.MaxPool2d(3, stride=2, padding=1)
        self.layer1 = group(n_blocks[0], 64, 64, 1)
        self.layer2 = group(n_blocks[1], 64, 128, 2)
        self.layer3 = group(n_blocks[2], 128, 256, 2)
        self.layer4 = group(n_blocks[3], 256, 512, 2)
        self.fc = nn.Linear(512, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.maxpool(self.bn1(self.conv1(x)))
        for layer in (self.layer1, self.layer2, self.layer3, self.layer4):
            x = layer(x)
        return self.fc(x.mean(dim=(2, 3)))


# %% wrong="ResNet: the max pooling has no padding; breaks: max pooling, window 3, stride 2, padding 1 (leaves 64x56x56), seen with a 224x224 picture: 55x55 there"
class ResNet(nn.Module):
    def __init__(self, group, n_blocks: tuple[int, int, int, int], classes: int = 1000):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.maxpool = nn.MaxPool2d(3, 2)
        self.layer1 = group(n_blocks[0], 64, 64, 1)
        self.layer2 = group(n_blocks[1], 64, 128, 2)
        self.layer3 = group(n_blocks[2], 128, 256, 2)
        self.layer4 = group(n_blocks[3], 256, 512, 2)
        self.fc = nn.Linear(512, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.maxpool(F.relu(self.bn1(self.conv1(x))))
        for layer in (self.layer1, self.layer2, self.layer3, self.layer4):
            x = layer(x)
        return self.fc(x.mean(dim=(2, 3)))


# %% wrong="ResNet: always 1000 scores; breaks: fc is a dense layer to classes scores, (batch, 3, h, w) -> (batch, classes), seen with classes=10"
class ResNet(nn.Module):
    def __init__(self, group, n_blocks: tuple[int, int, int, int], classes: int = 1000):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.maxpool = nn.MaxPool2d(3, stride=2, padding=1)
        self.layer1 = group(n_blocks[0], 64, 64, 1)
        self.layer2 = group(n_blocks[1], 64, 128, 2)
        self.layer3 = group(n_blocks[2], 128, 256, 2)
        self.layer4 = group(n_blocks[3], 256, 512, 2)
        self.fc = nn.Linear(512, 1000)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.maxpool(F.relu(self.bn1(self.conv1(x))))
        for layer in (self.layer1, self.layer2, self.layer3, self.layer4):
            x = layer(x)
        return self.fc(x.mean(dim=(2, 3)))


# %% right="copy_weights: two lists, first all checks, then copy_"
def copy_weights(mine: nn.Module, theirs: nn.Module) -> None:
    """Copies parameters and buffers of `theirs` into `mine` by their order; ValueError when they do not fit."""
    to, source = list(mine.state_dict().values()), list(theirs.state_dict().values())
    if len(to) != len(source):
        raise ValueError(f"{len(to)} entries, but {len(source)} in the other")
    for a, b in zip(to, source, strict=True):
        if a.shape != b.shape:
            raise ValueError(f"{tuple(a.shape)} is not {tuple(b.shape)}")
    with torch.no_grad():
        for a, b in zip(to, source, strict=True):
            a.copy_(b)


# %% right="copy_weights: renames the entries and lets load_state_dict copy"
def copy_weights(mine: nn.Module, theirs: nn.Module) -> None:
    own, other = mine.state_dict(), theirs.state_dict()
    if [value.size() for value in own.values()] != [value.size() for value in other.values()]:
        raise ValueError("the two networks are not built alike")
    mine.load_state_dict(dict(zip(own, other.values(), strict=True)))


# %% right="copy_weights: zip(strict=True) raises the ValueError for the number, a helper generator for the shapes"
def _fitting(mine, theirs):
    for (name, target), value in zip(mine.items(), theirs.values(), strict=True):
        if target.shape != value.shape:
            raise ValueError(f"shape of {name}")
        yield target, value


def copy_weights(mine: nn.Module, theirs: nn.Module) -> None:
    pairs = tuple(_fitting(mine.state_dict(), theirs.state_dict()))
    for target, value in pairs:
        target[...] = value.clone()


# %% wrong="copy_weights: whole-number buffers are skipped; breaks: Copy all the numbers, seen with num_batches_tracked of a batch norm that has been trained"
def copy_weights(mine: nn.Module, theirs: nn.Module) -> None:
    to, source = list(mine.state_dict().values()), list(theirs.state_dict().values())
    if len(to) != len(source) or any(a.shape != b.shape for a, b in zip(to, source, strict=True)):
        raise ValueError("do not fit")
    for a, b in zip(to, source, strict=True):
        if a.is_floating_point():
            a.copy_(b)


# %% wrong="copy_weights: checks each shape while it copies; breaks: raise a ValueError and leave mine as it was, seen with a first layer that fits and a second one that does not"
def copy_weights(mine: nn.Module, theirs: nn.Module) -> None:
    to, source = list(mine.state_dict().values()), list(theirs.state_dict().values())
    if len(to) != len(source):
        raise ValueError("another number of entries")
    for a, b in zip(to, source, strict=True):
        if a.shape != b.shape:
            raise ValueError("another shape")
        a.copy_(b)


# %% wrong="copy_weights: the number of entries is not compared; breaks: If there are more or fewer entries raise a ValueError, seen with theirs that has one layer more"
def copy_weights(mine: nn.Module, theirs: nn.Module) -> None:
    pairs = list(zip(mine.state_dict().values(), theirs.state_dict().values(), strict=False))
    if any(a.shape != b.shape for a, b in pairs):
        raise ValueError("another shape")
    for a, b in pairs:
        a.copy_(b)


# %% wrong="copy_weights: counts the numbers instead of comparing shapes; breaks: or one shape differs, raise a ValueError, seen with nn.Linear(2, 3, bias=False) and nn.Linear(3, 2, bias=False)"
def copy_weights(mine: nn.Module, theirs: nn.Module) -> None:
    to, source = list(mine.state_dict().values()), list(theirs.state_dict().values())
    if [a.numel() for a in to] != [b.numel() for b in source]:
        raise ValueError("do not fit")
    for a, b in zip(to, source, strict=True):
        a.copy_(b.reshape(a.shape))


# %% wrong="copy_weights: assigns their tensors instead of copying; breaks: The two must not share memory afterwards, into the tensors that mine already has, seen when theirs is zeroed afterwards"
def copy_weights(mine: nn.Module, theirs: nn.Module) -> None:
    own, other = mine.state_dict(), theirs.state_dict()
    if len(own) != len(other):
        raise ValueError("another number of entries")
    if any(a.shape != b.shape for a, b in zip(own.values(), other.values(), strict=True)):
        raise ValueError("another shape")
    mine.load_state_dict(dict(zip(own.keys(), other.values(), strict=True)), assign=True)


# %% right="zero_last_norms: net.modules() and getattr"
def zero_last_norms(net: nn.Module) -> None:
    """Sets the weight of the last norm (bn3, or else bn2) of every block in the network to zero."""
    for module in net.modules():
        last = getattr(module, "bn3", None)
        if last is None:
            last = getattr(module, "bn2", None)
        if last is not None:
            nn.init.zeros_(last.weight)


# %% right="zero_last_norms: net.apply with a small function"
def zero_last_norms(net: nn.Module) -> None:
    def silence(module):
        norms = [getattr(module, name, None) for name in ("bn2", "bn3")]
        norms = [norm for norm in norms if norm is not None]
        if norms:
            norms[-1].weight.data.fill_(0.0)

    net.apply(silence)


# %% right="zero_last_norms: own recursion, collects the weights first"
def zero_last_norms(net: nn.Module) -> None:
    def last_norms(module):
        for name in ("bn3", "bn2"):
            if getattr(module, name, None) is not None:
                yield getattr(module, name)
                break
        for child in module.children():
            yield from last_norms(child)

    weights = [norm.weight for norm in last_norms(net)]
    with torch.no_grad():
        for weight in weights:
            weight.copy_(torch.zeros_like(weight))


# %% wrong="zero_last_norms: a new Parameter of zeros; breaks: write zeros into the tensor that is there, which an optimiser may know already, seen with the identity of bn2.weight before and after"
def zero_last_norms(net: nn.Module) -> None:
    for module in net.modules():
        last = getattr(module, "bn3", None) or getattr(module, "bn2", None)
        if last is not None:
            last.weight = nn.Parameter(torch.zeros_like(last.weight))


# %% wrong="zero_last_norms: bn2 is silenced too where there is a bn3; breaks: Everything else stays as it is, seen with bn2.weight of a bottleneck"
def zero_last_norms(net: nn.Module) -> None:
    with torch.no_grad():
        for module in net.modules():
            for name in ("bn2", "bn3"):
                norm = getattr(module, name, None)
                if norm is not None:
                    norm.weight.zero_()


# %% wrong="zero_last_norms: leaves net itself out; breaks: and net itself may be one, seen with a net that is a single block"
def zero_last_norms(net: nn.Module) -> None:
    for child in net.children():
        last = getattr(child, "bn3", None) or getattr(child, "bn2", None)
        if last is not None:
            nn.init.zeros_(last.weight)
        zero_last_norms(child)


# %% wrong="zero_last_norms: the weight is frozen to write into it, and stays so; breaks: and the weight remains trainable, seen with bn2.weight.requires_grad"
def zero_last_norms(net: nn.Module) -> None:
    for module in net.modules():
        last = getattr(module, "bn3", None) or getattr(module, "bn2", None)
        if last is not None:
            last.weight.requires_grad = False
            last.weight *= 0
            last.weight[:] = 0


# %% wrong="zero_last_norms: only BatchNorm2d counts; breaks: Where there is a bn2 or bn3, it is a norm with a weight (of any kind), seen with a block whose bn2 is nn.GroupNorm or nn.BatchNorm1d"
def zero_last_norms(net: nn.Module) -> None:
    for module in net.modules():
        last = getattr(module, "bn3", None) or getattr(module, "bn2", None)
        if isinstance(last, nn.BatchNorm2d):
            nn.init.constant_(last.weight, 0.0)


# %% right="paths: the list doubles at each branch; math.comb"
def paths(branches, x: torch.Tensor) -> list[torch.Tensor]:
    """What each path through the blocks delivers, for blocks x + branch(x)."""
    signals = [x]
    for branch in branches:
        signals = signals + [branch(signal) for signal in signals]
    return signals


def path_lengths(n: int) -> list[int]:
    """How many paths through n blocks use exactly k branches, for k = 0 to n."""
    return [math.comb(n, k) for k in range(n + 1)]


# %% right="paths: recursion from the first branch; Pascal's triangle row by row"
def paths(branches, x: torch.Tensor) -> list[torch.Tensor]:
    if not branches:
        return [x]
    first, *others = branches
    return [*paths(others, x), *paths(others, first(x))]


def path_lengths(n: int) -> list[int]:
    row = [1]
    for _ in range(n):
        row = [a + b for a, b in zip([0, *row], [*row, 0], strict=True)]
    return row


# %% right="paths: every choice of branches by the bits of a number; the row by its recurrence"
def paths(branches, x: torch.Tensor) -> list[torch.Tensor]:
    found = []
    for number in range(2 ** len(branches)):
        signal = x.clone()
        for place, branch in enumerate(branches):
            if number >> place & 1:
                signal = branch(signal)
        found.append(signal)
    return found


def path_lengths(n: int) -> list[int]:
    counts, count = [], 1
    for k in range(n + 1):
        counts.append(count)
        count = count * (n - k) // (k + 1)
    return counts


# %% wrong="paths: lengths from rounded floats; breaks: exactly, also for n = 54, seen with path_lengths(54), whose sum is not 2**54"
def paths(branches, x: torch.Tensor) -> list[torch.Tensor]:
    signals = [x]
    for branch in branches:
        signals = signals + [branch(signal) for signal in signals]
    return signals


def path_lengths(n: int) -> list[int]:
    def log_factorial(k):
        return math.lgamma(k + 1)

    return [round(math.exp(log_factorial(n) - log_factorial(k) - log_factorial(n - k))) for k in range(n + 1)]


# %% wrong="paths: lengths by walking all the paths; breaks: exactly and quickly, also for n = 54, seen with path_lengths(54), which never ends"
def paths(branches, x: torch.Tensor) -> list[torch.Tensor]:
    signals = [x]
    for branch in branches:
        signals = signals + [branch(signal) for signal in signals]
    return signals


def path_lengths(n: int) -> list[int]:
    counts = [0] * (n + 1)
    for path in range(2**n):
        counts[path.bit_count()] += 1
    return counts


# %% wrong="paths: branches are met in reverse; breaks: the first one is met first, seen with branches that do not commute: x -> 2 x and x -> x + 1, or two matrices"
def paths(branches, x: torch.Tensor) -> list[torch.Tensor]:
    signals = [x]
    for branch in reversed(branches):
        signals = signals + [branch(signal) for signal in signals]
    return signals


def path_lengths(n: int) -> list[int]:
    return [math.comb(n, k) for k in range(n + 1)]


# %% wrong="paths: multiplies what the branches say of x instead of chaining them; breaks: through F or past it, what each path delivers, seen with x = 2 for x -> 2 x and x -> 5 x: 40 instead of 20"
def paths(branches, x: torch.Tensor) -> list[torch.Tensor]:
    from itertools import product

    signals = []
    for choice in product([False, True], repeat=len(branches)):
        used = [branch(x) for branch, use in zip(branches, choice, strict=True) if use]
        signal = x
        if used:
            signal = used[0]
            for other in used[1:]:
                signal = signal * other
        signals.append(signal)
    return signals


def path_lengths(n: int) -> list[int]:
    return [math.comb(n, k) for k in range(n + 1)]


# %% wrong="paths: none, single branches and all of them, nothing in between; breaks: a list of the 2**n signals, seen with three branches: five signals"
def paths(branches, x: torch.Tensor) -> list[torch.Tensor]:
    signals = [x] + [branch(x) for branch in branches]
    through_all = x
    for branch in branches:
        through_all = branch(through_all)
    if len(branches) > 1:
        signals.append(through_all)
    return signals


def path_lengths(n: int) -> list[int]:
    return [math.comb(n, k) for k in range(n + 1)]


# %% right="multiplications: the formula, twice"
def direct(height: int, width: int, in_channels: int, out_channels: int, kernel: int) -> int:
    """Multiplications of one convolution that keeps height and width."""
    return height * width * out_channels * in_channels * kernel**2


def squeezed(height: int, width: int, in_channels: int, middle: int, out_channels: int, kernel: int) -> int:
    """Multiplications of a 1x1 convolution to `middle` channels and a convolution from there to the end."""
    return direct(height, width, in_channels, middle, 1) + direct(height, width, middle, out_channels, kernel)


# %% right="multiplications: numel of weights on the meta device, once for each pixel"
def _weights(before, after, side):
    return nn.Conv2d(before, after, side, bias=False, device="meta").weight.numel()


def direct(height: int, width: int, in_channels: int, out_channels: int, kernel: int) -> int:
    return height * width * _weights(in_channels, out_channels, kernel)


def squeezed(height: int, width: int, in_channels: int, middle: int, out_channels: int, kernel: int) -> int:
    return height * width * (_weights(in_channels, middle, 1) + _weights(middle, out_channels, kernel))


# %% right="multiplications: math.prod, and the pixels and middle channels taken out of the sum"
def direct(height, width, in_channels, out_channels, kernel):
    looks_at = math.prod((in_channels, kernel, kernel))
    outputs = math.prod((out_channels, height, width))
    return looks_at * outputs


def squeezed(height, width, in_channels, middle, out_channels, kernel):
    return middle * height * width * (in_channels + out_channels * kernel * kernel)


# %% wrong="multiplications: height squared; breaks: outputs of size height x width, seen with direct(2, 3, 4, 5, 3)"
def direct(height: int, width: int, in_channels: int, out_channels: int, kernel: int) -> int:
    return height**2 * in_channels * out_channels * kernel**2


def squeezed(height: int, width: int, in_channels: int, middle: int, out_channels: int, kernel: int) -> int:
    return direct(height, width, in_channels, middle, 1) + direct(height, width, middle, out_channels, kernel)


# %% wrong="multiplications: the squeezing convolution is counted with the large window; breaks: first a 1x1 convolution to middle channels, seen with squeezed(...) for any kernel above 1"
def direct(height: int, width: int, in_channels: int, out_channels: int, kernel: int) -> int:
    return height * width * in_channels * out_channels * kernel**2


def squeezed(height: int, width: int, in_channels: int, middle: int, out_channels: int, kernel: int) -> int:
    return direct(height, width, in_channels, middle, kernel) + direct(height, width, middle, out_channels, kernel)


# %% wrong="multiplications: squeezed forgets the 1x1 convolution itself; breaks: first a 1x1 convolution to middle channels, then the convolution from there, seen with every squeezed(...)"
def direct(height: int, width: int, in_channels: int, out_channels: int, kernel: int) -> int:
    return height * width * in_channels * out_channels * kernel**2


def squeezed(height: int, width: int, in_channels: int, middle: int, out_channels: int, kernel: int) -> int:
    return direct(height, width, middle, out_channels, kernel)


# %% wrong="multiplications: the 1x1 convolution is counted for one pixel only; breaks: Count multiplications, for outputs of size height x width, seen with squeezed(2, 3, 4, 2, 5, 3)"
def direct(height: int, width: int, in_channels: int, out_channels: int, kernel: int) -> int:
    return height * width * in_channels * out_channels * kernel**2


def squeezed(height: int, width: int, in_channels: int, middle: int, out_channels: int, kernel: int) -> int:
    shrink = in_channels * middle
    return shrink + direct(height, width, middle, out_channels, kernel)


# %% wrong="multiplications: returns tensors; breaks: it returns plain Python numbers, not tensors, seen with type(direct(2, 3, 4, 5, 3))"
def direct(height: int, width: int, in_channels: int, out_channels: int, kernel: int) -> int:
    return torch.tensor([height, width, in_channels, out_channels, kernel, kernel]).prod()


def squeezed(height: int, width: int, in_channels: int, middle: int, out_channels: int, kernel: int) -> int:
    return direct(height, width, in_channels, middle, 1) + direct(height, width, middle, out_channels, kernel)


# %% right="Bottleneck: the blanks filled"
class Bottleneck(nn.Module):
    """1x1, 3x3, 1x1 and a shortcut: (batch, in, h, w) -> (batch, 4 * width, h / stride, w / stride)."""

    def __init__(self, in_channels: int, width: int, stride: int = 1):
        super().__init__()
        out_channels = 4 * width
        self.conv1 = nn.Conv2d(in_channels, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, out_channels, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(out_channels)
        self.downsample = None
        if stride != 1 or in_channels != out_channels:
            self.downsample = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, stride, bias=False),
                nn.BatchNorm2d(out_channels),
            )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = F.relu(self.bn1(self.conv1(x)))
        out = F.relu(self.bn2(self.conv2(out)))
        out = self.bn3(self.conv3(out))
        shortcut = x if self.downsample is None else self.downsample(x)
        return F.relu(out + shortcut)


# %% right="Bottleneck: a subclass of torchvision's block"
class Bottleneck(torchvision.models.resnet.Bottleneck):
    def __init__(self, in_channels: int, width: int, stride: int = 1):
        out_channels, downsample = self.expansion * width, None
        if not (stride == 1 and in_channels == out_channels):
            conv = torchvision.models.resnet.conv1x1(in_channels, out_channels, stride)
            downsample = nn.Sequential(conv, nn.BatchNorm2d(out_channels))
        super().__init__(in_channels, width, stride, downsample)


# %% right="Bottleneck: parts made in a loop over a table, forward in the same loop"
class Bottleneck(nn.Module):
    def __init__(self, in_channels: int, width: int, stride: int = 1):
        super().__init__()
        sizes = {1: (in_channels, width, 1, 1), 2: (width, width, 3, stride), 3: (width, width * 4, 1, 1)}
        for number, (before, after, side, step) in sizes.items():
            conv = nn.Conv2d(before, after, side, stride=step, padding=(side - 1) // 2, bias=False)
            self.add_module(f"conv{number}", conv)
            self.add_module(f"bn{number}", nn.BatchNorm2d(after))
        self.downsample = None
        if stride > 1 or in_channels != width * 4:
            conv = nn.Conv2d(in_channels, width * 4, 1, stride=stride, bias=False)
            self.downsample = nn.Sequential(conv, nn.BatchNorm2d(width * 4))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = x
        for number in (1, 2, 3):
            out = getattr(self, f"bn{number}")(getattr(self, f"conv{number}")(out))
            if number == 3:
                out = out.add(self.downsample(x) if self.downsample else x)
            out = out.relu()
        return out


# %% wrong="Bottleneck: the first 1x1 takes the stride; breaks: The stride sits in the 3x3 convolution, seen with (6, 3, 2) on torchvision's weights"
class Bottleneck(nn.Module):
    def __init__(self, in_channels: int, width: int, stride: int = 1):
        super().__init__()
        out_channels = 4 * width
        self.conv1 = nn.Conv2d(in_channels, width, 1, stride, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, out_channels, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(out_channels)
        self.downsample = None
        if stride != 1 or in_channels != out_channels:
            self.downsample = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, stride, bias=False),
                nn.BatchNorm2d(out_channels),
            )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = F.relu(self.bn1(self.conv1(x)))
        out = F.relu(self.bn2(self.conv2(out)))
        out = self.bn3(self.conv3(out))
        shortcut = x if self.downsample is None else self.downsample(x)
        return F.relu(out + shortcut)


# %% wrong="Bottleneck: the projection always has stride 2; breaks: (batch, in, h, w) -> (batch, 4 * width, h / stride, w / stride), seen with (6, 3, 1): shapes do not fit"
class Bottleneck(nn.Module):
    def __init__(self, in_channels: int, width: int, stride: int = 1):
        super().__init__()
        out_channels = 4 * width
        self.conv1 = nn.Conv2d(in_channels, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, out_channels, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(out_channels)
        self.downsample = None
        if stride != 1 or in_channels != out_channels:
            self.downsample = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, 2, bias=False),
                nn.BatchNorm2d(out_channels),
            )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = F.relu(self.bn1(self.conv1(x)))
        out = F.relu(self.bn2(self.conv2(out)))
        out = self.bn3(self.conv3(out))
        shortcut = x if self.downsample is None else self.downsample(x)
        return F.relu(out + shortcut)


# %% wrong="Bottleneck: the channels out are guessed from the channels in; breaks: 1x1 up to four times width, seen with (3, 2, 1): three channels instead of eight, or (64, 64, 1)"
class Bottleneck(nn.Module):
    def __init__(self, in_channels: int, width: int, stride: int = 1):
        super().__init__()
        out_channels = in_channels * stride
        self.conv1 = nn.Conv2d(in_channels, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, out_channels, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(out_channels)
        self.downsample = None
        if stride != 1 or in_channels != out_channels:
            self.downsample = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, stride, bias=False),
                nn.BatchNorm2d(out_channels),
            )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = F.relu(self.bn1(self.conv1(x)))
        out = F.relu(self.bn2(self.conv2(out)))
        out = self.bn3(self.conv3(out))
        shortcut = x if self.downsample is None else self.downsample(x)
        return F.relu(out + shortcut)


# %% wrong="Bottleneck: projection only where the channels differ; breaks: a shortcut of (batch, 4 * width, h / stride, w / stride), seen with (8, 2, 2): shapes do not fit"
class Bottleneck(nn.Module):
    def __init__(self, in_channels: int, width: int, stride: int = 1):
        super().__init__()
        out_channels = 4 * width
        self.conv1 = nn.Conv2d(in_channels, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, out_channels, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(out_channels)
        self.downsample = None
        if in_channels != out_channels:
            self.downsample = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, stride, bias=False),
                nn.BatchNorm2d(out_channels),
            )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = F.relu(self.bn1(self.conv1(x)))
        out = F.relu(self.bn2(self.conv2(out)))
        out = self.bn3(self.conv3(out))
        shortcut = x if self.downsample is None else self.downsample(x)
        return F.relu(out + shortcut)


# %% wrong="Bottleneck: adds into x where there is no projection; breaks: it leaves its inputs unchanged, seen with x after block (8, 2, 1) under no_grad"
class Bottleneck(nn.Module):
    def __init__(self, in_channels: int, width: int, stride: int = 1):
        super().__init__()
        out_channels = 4 * width
        self.conv1 = nn.Conv2d(in_channels, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, out_channels, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(out_channels)
        self.downsample = None
        if stride != 1 or in_channels != out_channels:
            self.downsample = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, stride, bias=False),
                nn.BatchNorm2d(out_channels),
            )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = F.relu(self.bn1(self.conv1(x)))
        out = F.relu(self.bn2(self.conv2(out)))
        out = self.bn3(self.conv3(out))
        shortcut = x if self.downsample is None else self.downsample(x)
        if torch.is_grad_enabled():
            shortcut = shortcut + out
        else:
            shortcut += out
        return F.relu(shortcut)


# %% right="Inception: the blanks filled"
class Inception(nn.Module):
    """(batch, in, h, w) -> (batch, one + three + five + pooled, h, w); three and five are pairs (middle, out)."""

    def __init__(self, in_channels: int, one: int, three: tuple[int, int], five: tuple[int, int], pooled: int):
        super().__init__()
        self.one = nn.Conv2d(in_channels, one, 1)
        self.three_in = nn.Conv2d(in_channels, three[0], 1)
        self.three_out = nn.Conv2d(three[0], three[1], 3, padding=1)
        self.five_in = nn.Conv2d(in_channels, five[0], 1)
        self.five_out = nn.Conv2d(five[0], five[1], 5, padding=2)
        self.pooled = nn.Conv2d(in_channels, pooled, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        one = F.relu(self.one(x))
        three = F.relu(self.three_out(F.relu(self.three_in(x))))
        five = F.relu(self.five_out(F.relu(self.five_in(x))))
        pooled = F.relu(self.pooled(F.max_pool2d(x, 3, 1, 1)))
        return torch.cat([one, three, five, pooled], 1)


# %% right="Inception: four ways as lists of layers, one ReLU over all at the end, padding same"
class Inception(nn.Module):
    def __init__(self, in_channels: int, one: int, three: tuple[int, int], five: tuple[int, int], pooled: int):
        super().__init__()
        (three_middle, three_end), (five_middle, five_end) = three, five
        self.one = nn.Conv2d(in_channels, one, kernel_size=1)
        self.three_in = nn.Conv2d(in_channels, three_middle, kernel_size=1)
        self.three_out = nn.Conv2d(three_middle, three_end, kernel_size=3, padding="same")
        self.five_in = nn.Conv2d(in_channels, five_middle, kernel_size=1)
        self.five_out = nn.Conv2d(five_middle, five_end, kernel_size=5, padding="same")
        self.pooled = nn.Conv2d(in_channels, pooled, kernel_size=1)
        self.largest = nn.MaxPool2d(3, stride=1, padding=1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        ways = [
            [self.one],
            [self.three_in, torch.relu, self.three_out],
            [self.five_in, torch.relu, self.five_out],
            [self.largest, self.pooled],
        ]
        ends = []
        for way in ways:
            signal = x
            for step in way:
                signal = step(signal)
            ends.append(signal)
        return torch.concat(ends, dim=-3).relu_()


# %% right="Inception: writes into slices of one result; pools over a frame of minus infinity"
class Inception(nn.Module):
    def __init__(self, in_channels: int, one: int, three: tuple[int, int], five: tuple[int, int], pooled: int):
        super().__init__()
        self.parts = (one, three[1], five[1], pooled)
        self.one = nn.Conv2d(in_channels, one, 1)
        for name, pair, side in (("three", three, 3), ("five", five, 5)):
            setattr(self, f"{name}_in", nn.Conv2d(in_channels, pair[0], 1))
            setattr(self, f"{name}_out", nn.Conv2d(pair[0], pair[1], side, padding=side // 2))
        self.pooled = nn.Conv2d(in_channels, pooled, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        framed = F.pad(x, (1, 1, 1, 1), value=-math.inf)
        found = (
            self.one(x),
            self.three_out(self.three_in(x).relu()),
            self.five_out(self.five_in(x).relu()),
            self.pooled(F.max_pool2d(framed, 3, stride=1)),
        )
        result = x.new_empty(x.shape[0], sum(self.parts), *x.shape[2:])
        start = 0
        for width, signal in zip(self.parts, found, strict=True):
            result[:, start : start + width] = signal.relu()
            start += width
        return result


# %% wrong="Inception: five before three; breaks: lays the results on top of each other in the order of the drawing, one + three + five + pooled, seen with the values (or with three[1] != five[1])"
class Inception(nn.Module):
    def __init__(self, in_channels: int, one: int, three: tuple[int, int], five: tuple[int, int], pooled: int):
        super().__init__()
        self.one = nn.Conv2d(in_channels, one, 1)
        self.three_in = nn.Conv2d(in_channels, three[0], 1)
        self.three_out = nn.Conv2d(three[0], three[1], 3, padding=1)
        self.five_in = nn.Conv2d(in_channels, five[0], 1)
        self.five_out = nn.Conv2d(five[0], five[1], 5, padding=2)
        self.pooled = nn.Conv2d(in_channels, pooled, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        one = F.relu(self.one(x))
        three = F.relu(self.three_out(F.relu(self.three_in(x))))
        five = F.relu(self.five_out(F.relu(self.five_in(x))))
        pooled = F.relu(self.pooled(F.max_pool2d(x, 3, 1, 1)))
        return torch.cat([one, five, three, pooled], 1)


# %% wrong="Inception: average pooling; breaks: max pool 3x3, stride 1, seen with any picture that is not constant"
class Inception(nn.Module):
    def __init__(self, in_channels: int, one: int, three: tuple[int, int], five: tuple[int, int], pooled: int):
        super().__init__()
        self.one = nn.Conv2d(in_channels, one, 1)
        self.three_in = nn.Conv2d(in_channels, three[0], 1)
        self.three_out = nn.Conv2d(three[0], three[1], 3, padding=1)
        self.five_in = nn.Conv2d(in_channels, five[0], 1)
        self.five_out = nn.Conv2d(five[0], five[1], 5, padding=2)
        self.pooled = nn.Conv2d(in_channels, pooled, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        one = F.relu(self.one(x))
        three = F.relu(self.three_out(F.relu(self.three_in(x))))
        five = F.relu(self.five_out(F.relu(self.five_in(x))))
        pooled = F.relu(self.pooled(F.avg_pool2d(x, 3, 1, 1)))
        return torch.cat([one, three, five, pooled], 1)


# %% wrong="Inception: pools over a frame of zeros; breaks: the frame of the pooling never wins against a real number, seen with negative numbers at the border"
class Inception(nn.Module):
    def __init__(self, in_channels: int, one: int, three: tuple[int, int], five: tuple[int, int], pooled: int):
        super().__init__()
        self.one = nn.Conv2d(in_channels, one, 1)
        self.three_in = nn.Conv2d(in_channels, three[0], 1)
        self.three_out = nn.Conv2d(three[0], three[1], 3, padding=1)
        self.five_in = nn.Conv2d(in_channels, five[0], 1)
        self.five_out = nn.Conv2d(five[0], five[1], 5, padding=2)
        self.pooled = nn.Conv2d(in_channels, pooled, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        one = F.relu(self.one(x))
        three = F.relu(self.three_out(F.relu(self.three_in(x))))
        five = F.relu(self.five_out(F.relu(self.five_in(x))))
        framed = F.pad(x, (1, 1, 1, 1))
        pooled = F.relu(self.pooled(F.max_pool2d(framed, 3, 1, 0)))
        return torch.cat([one, three, five, pooled], 1)


# %% wrong="Inception: no ReLU after five_in; breaks: A ReLU follows every convolution, seen with weights that make five_in negative somewhere"
class Inception(nn.Module):
    def __init__(self, in_channels: int, one: int, three: tuple[int, int], five: tuple[int, int], pooled: int):
        super().__init__()
        self.one = nn.Conv2d(in_channels, one, 1)
        self.three_in = nn.Conv2d(in_channels, three[0], 1)
        self.three_out = nn.Conv2d(three[0], three[1], 3, padding=1)
        self.five_in = nn.Conv2d(in_channels, five[0], 1)
        self.five_out = nn.Conv2d(five[0], five[1], 5, padding=2)
        self.pooled = nn.Conv2d(in_channels, pooled, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        one = F.relu(self.one(x))
        three = F.relu(self.three_out(F.relu(self.three_in(x))))
        five = F.relu(self.five_out(self.five_in(x)))
        pooled = F.relu(self.pooled(F.max_pool2d(x, 3, 1, 1)))
        return torch.cat([one, three, five, pooled], 1)


# %% wrong="Inception: the convolutions repeat the border; breaks: convolutions pad with zeros, seen at the border of every picture with the same weights"
class Inception(nn.Module):
    def __init__(self, in_channels: int, one: int, three: tuple[int, int], five: tuple[int, int], pooled: int):
        super().__init__()
        self.one = nn.Conv2d(in_channels, one, 1)
        self.three_in = nn.Conv2d(in_channels, three[0], 1)
        self.three_out = nn.Conv2d(three[0], three[1], 3, padding=1, padding_mode="replicate")
        self.five_in = nn.Conv2d(in_channels, five[0], 1)
        self.five_out = nn.Conv2d(five[0], five[1], 5, padding=2, padding_mode="replicate")
        self.pooled = nn.Conv2d(in_channels, pooled, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        one = F.relu(self.one(x))
        three = F.relu(self.three_out(F.relu(self.three_in(x))))
        five = F.relu(self.five_out(F.relu(self.five_in(x))))
        pooled = F.relu(self.pooled(F.max_pool2d(x, 3, 1, 1)))
        return torch.cat([one, three, five, pooled], 1)


# %% right="prepare: the blanks filled"
def prepare(weights, classes: int, lr: float):
    """A ResNet-18 for so many classes, its loss function, its optimiser and its schedule."""
    net = torchvision.models.resnet18(weights=weights)
    net.fc = nn.Linear(net.fc.in_features, classes)
    loss_func = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=7, gamma=0.1)
    return net, loss_func, optimizer, scheduler


# %% right="prepare: get_model by name, F.cross_entropy, LambdaLR"
def prepare(weights, classes, lr):
    model = torchvision.models.get_model("resnet18", weights=weights)
    model.fc = nn.Linear(512, classes)
    sgd = torch.optim.SGD(list(model.parameters()), lr=lr, momentum=0.9)
    schedule = torch.optim.lr_scheduler.LambdaLR(sgd, lambda epoch: 10.0 ** -(epoch // 7))
    return model, F.cross_entropy, sgd, schedule


# %% right="prepare: two parameter groups at one rate, MultiplicativeLR"
def prepare(weights, classes: int, lr: float):
    from torch.optim import SGD
    from torch.optim.lr_scheduler import MultiplicativeLR
    from torchvision.models import resnet18

    net = resnet18(weights=weights)
    old = net.fc
    net.fc = type(old)(old.in_features, classes, bias=True)
    head = list(net.fc.parameters())
    body = [p for name, p in net.named_parameters() if not name.startswith("fc.")]
    optimizer = SGD([{"params": body}, {"params": head}], lr=lr, momentum=0.9)
    scheduler = MultiplicativeLR(optimizer, lr_lambda=lambda epoch: 0.1 if epoch % 7 == 0 else 1.0)
    return net, nn.CrossEntropyLoss(), optimizer, scheduler


# %% wrong="prepare: weights is ignored; breaks: a ResNet-18 with the weights that are asked for, seen with weights=ResNet18_Weights.DEFAULT (or whatever is not None)"
def prepare(weights, classes: int, lr: float):
    net = torchvision.models.resnet18(weights=None)
    net.fc = nn.Linear(net.fc.in_features, classes)
    loss_func = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=7, gamma=0.1)
    return net, loss_func, optimizer, scheduler


# %% wrong="prepare: the optimiser is made before the new head; breaks: SGD with momentum 0.9 for all its parameters, seen with net.fc.weight, which the optimiser does not know"
def prepare(weights, classes: int, lr: float):
    net = torchvision.models.resnet18(weights=weights)
    loss_func = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=7, gamma=0.1)
    net.fc = nn.Linear(net.fc.in_features, classes)
    return net, loss_func, optimizer, scheduler


# %% wrong="prepare: the optimiser knows the head only; breaks: SGD for all its parameters, seen with net.conv1.weight, which the optimiser does not know"
def prepare(weights, classes: int, lr: float):
    net = torchvision.models.resnet18(weights=weights)
    net.fc = nn.Linear(net.fc.in_features, classes)
    loss_func = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.fc.parameters(), lr=lr, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=7, gamma=0.1)
    return net, loss_func, optimizer, scheduler


# %% wrong="prepare: the rate falls twice and then no more; breaks: divides the learning rate by 10 after every seven epochs, seen after 21 epochs"
def prepare(weights, classes: int, lr: float):
    net = torchvision.models.resnet18(weights=weights)
    net.fc = nn.Linear(net.fc.in_features, classes)
    loss_func = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, milestones=[7, 14], gamma=0.1)
    return net, loss_func, optimizer, scheduler


# %% wrong="prepare: NLLLoss on raw scores; breaks: the cross-entropy as loss function, seen with any scores: loss_func(scores, labels) is no cross-entropy"
def prepare(weights, classes: int, lr: float):
    net = torchvision.models.resnet18(weights=weights)
    net.fc = nn.Linear(net.fc.in_features, classes)
    loss_func = nn.NLLLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=7, gamma=0.1)
    return net, loss_func, optimizer, scheduler


# %% right="folder_loaders: the blanks filled"
def folder_loaders(folder: str, size: int, batch: int):
    """Loaders "train" and "valid" of the pictures in these subfolders of `folder`, and the names of the classes."""
    loaders = {}
    for part in ("train", "valid"):
        steps = [transforms.Resize((size, size)), transforms.ToTensor()]
        steps.append(transforms.Normalize(MEAN, STD))
        if part == "train":
            steps.append(transforms.RandomHorizontalFlip())
        transform = transforms.Compose(steps)
        pictures = datasets.ImageFolder(os.path.join(folder, part), transform)
        loaders[part] = DataLoader(pictures, batch_size=batch, shuffle=part == "train")
    return loaders, pictures.classes


def show_batch(plotter, loader):
    """What plotter.imshow makes of the loader's first batch, as one picture (height, width, 3)."""
    pictures, _ = next(iter(loader))
    pictures = pictures * torch.tensor(STD)[:, None, None] + torch.tensor(MEAN)[:, None, None]
    grid = torchvision.utils.make_grid(pictures)
    return plotter.imshow(grid.permute(1, 2, 0))


# %% right="folder_loaders: transforms.v2 on tensors, RandomSampler; Normalize with negative mean undoes it, pictures side by side"
from torch.utils.data import RandomSampler
from torchvision.transforms import v2


def folder_loaders(folder: str, size: int, batch: int):
    always = [
        v2.Resize([size, size]),
        v2.ToImage(),
        v2.ToDtype(torch.float32, scale=True),
        v2.Normalize(mean=MEAN, std=STD),
    ]
    train = datasets.ImageFolder(f"{folder}/train", transform=v2.Compose([v2.RandomHorizontalFlip(p=0.5), *always]))
    valid = datasets.ImageFolder(f"{folder}/valid", transform=v2.Compose(always))
    loaders = {
        "train": DataLoader(train, batch, sampler=RandomSampler(train)),
        "valid": DataLoader(valid, batch),
    }
    return loaders, train.classes


def show_batch(plotter, loader):
    for pictures, _ in loader:
        break
    undo = v2.Compose([v2.Normalize([0.0] * 3, [1 / s for s in STD]), v2.Normalize([-m for m in MEAN], [1.0] * 3)])
    strip = torch.cat(list(undo(pictures)), dim=2).clamp(0, 1)
    return plotter.imshow(strip.movedim(0, -1).numpy())


# %% right="folder_loaders: a dataset class of its own that flips with torch.rand; make_grid with four in a row"
from torch.utils.data import Dataset
from torchvision.transforms.functional import hflip, normalize, resize, to_tensor


class _Folder(Dataset):
    def __init__(self, path, size, flips):
        self.found, self.size, self.flips = datasets.ImageFolder(path), size, flips
        self.classes = self.found.classes

    def __len__(self):
        return len(self.found)

    def __getitem__(self, place):
        picture, label = self.found[place]
        x = normalize(to_tensor(resize(picture, [self.size, self.size])), MEAN, STD)
        if self.flips and torch.rand(()) < 0.5:
            x = hflip(x)
        return x, label


def folder_loaders(folder: str, size: int, batch: int):
    sets = {part: _Folder(os.path.join(folder, part), size, part == "train") for part in ("train", "valid")}
    loaders = {part: DataLoader(found, batch_size=batch, shuffle=found.flips) for part, found in sets.items()}
    return loaders, sets["train"].classes


def show_batch(plotter, loader):
    first = next(iter(loader))[0]
    mean, std = first.new_tensor(MEAN), first.new_tensor(STD)
    natural = torch.einsum("nchw,c->nchw", first, std) + mean.reshape(1, 3, 1, 1)
    grid = torchvision.utils.make_grid(natural, nrow=4)
    return plotter.imshow(torch.einsum("chw->hwc", grid))


# %% wrong="folder_loaders: validation pictures are shuffled as well; breaks: validation pictures are neither (shuffled nor flipped), seen with the order of loaders['valid']"
def folder_loaders(folder: str, size: int, batch: int):
    loaders = {}
    for part in ("train", "valid"):
        steps = [transforms.Resize((size, size)), transforms.ToTensor()]
        steps.append(transforms.Normalize(MEAN, STD))
        if part == "train":
            steps.append(transforms.RandomHorizontalFlip())
        transform = transforms.Compose(steps)
        pictures = datasets.ImageFolder(os.path.join(folder, part), transform)
        loaders[part] = DataLoader(pictures, batch_size=batch, shuffle=True)
    return loaders, pictures.classes


def show_batch(plotter, loader):
    pictures, _ = next(iter(loader))
    pictures = pictures * torch.tensor(STD)[:, None, None] + torch.tensor(MEAN)[:, None, None]
    grid = torchvision.utils.make_grid(pictures)
    return plotter.imshow(grid.permute(1, 2, 0))


# %% wrong="folder_loaders: flips upside down; breaks: half of them are flipped left to right, seen with the training pictures of an epoch"
def folder_loaders(folder: str, size: int, batch: int):
    loaders = {}
    for part in ("train", "valid"):
        steps = [transforms.Resize((size, size)), transforms.ToTensor()]
        steps.append(transforms.Normalize(MEAN, STD))
        if part == "train":
            steps.append(transforms.RandomVerticalFlip())
        transform = transforms.Compose(steps)
        pictures = datasets.ImageFolder(os.path.join(folder, part), transform)
        loaders[part] = DataLoader(pictures, batch_size=batch, shuffle=part == "train")
    return loaders, pictures.classes


def show_batch(plotter, loader):
    pictures, _ = next(iter(loader))
    pictures = pictures * torch.tensor(STD)[:, None, None] + torch.tensor(MEAN)[:, None, None]
    grid = torchvision.utils.make_grid(pictures)
    return plotter.imshow(grid.permute(1, 2, 0))


# %% wrong="folder_loaders: show_batch writes into the loader's own pictures; breaks: it leaves its inputs unchanged, seen with a list of batches as loader, whose tensor is changed afterwards"
def folder_loaders(folder: str, size: int, batch: int):
    loaders = {}
    for part in ("train", "valid"):
        steps = [transforms.Resize((size, size)), transforms.ToTensor()]
        steps.append(transforms.Normalize(MEAN, STD))
        if part == "train":
            steps.append(transforms.RandomHorizontalFlip())
        transform = transforms.Compose(steps)
        pictures = datasets.ImageFolder(os.path.join(folder, part), transform)
        loaders[part] = DataLoader(pictures, batch_size=batch, shuffle=part == "train")
    return loaders, pictures.classes


def show_batch(plotter, loader):
    pictures, _ = next(iter(loader))
    pictures *= torch.tensor(STD)[:, None, None]
    pictures += torch.tensor(MEAN)[:, None, None]
    grid = torchvision.utils.make_grid(pictures)
    return plotter.imshow(grid.permute(1, 2, 0))


# %% wrong="folder_loaders: Normalize gets mean and deviation the wrong way round; breaks: take away the mean that ImageNet's pictures have there, divide by their standard deviation, seen with the values of any validation picture"
def folder_loaders(folder: str, size: int, batch: int):
    loaders = {}
    for part in ("train", "valid"):
        steps = [transforms.Resize((size, size)), transforms.ToTensor()]
        steps.append(transforms.Normalize(STD, MEAN))
        if part == "train":
            steps.append(transforms.RandomHorizontalFlip())
        transform = transforms.Compose(steps)
        pictures = datasets.ImageFolder(os.path.join(folder, part), transform)
        loaders[part] = DataLoader(pictures, batch_size=batch, shuffle=part == "train")
    return loaders, pictures.classes


def show_batch(plotter, loader):
    pictures, _ = next(iter(loader))
    pictures = pictures * torch.tensor(STD)[:, None, None] + torch.tensor(MEAN)[:, None, None]
    grid = torchvision.utils.make_grid(pictures)
    return plotter.imshow(grid.permute(1, 2, 0))


# %% wrong="folder_loaders: the order is drawn by a generator with a fixed seed; breaks: every call draws afresh and seeds no random generator, seen with two calls: the labels of the first epoch come in the same order"
def folder_loaders(folder: str, size: int, batch: int):
    loaders = {}
    for part in ("train", "valid"):
        steps = [transforms.Resize((size, size)), transforms.ToTensor()]
        steps.append(transforms.Normalize(MEAN, STD))
        if part == "train":
            steps.append(transforms.RandomHorizontalFlip())
        transform = transforms.Compose(steps)
        pictures = datasets.ImageFolder(os.path.join(folder, part), transform)
        rng = torch.Generator().manual_seed(42)
        loaders[part] = DataLoader(pictures, batch_size=batch, shuffle=part == "train", generator=rng)
    return loaders, pictures.classes


def show_batch(plotter, loader):
    pictures, _ = next(iter(loader))
    pictures = pictures * torch.tensor(STD)[:, None, None] + torch.tensor(MEAN)[:, None, None]
    grid = torchvision.utils.make_grid(pictures)
    return plotter.imshow(grid.permute(1, 2, 0))


# %% right="replace_head: the blanks filled"
def replace_head(family: str, net: nn.Module, classes: int) -> nn.Module:
    """The same network with a new last layer."""
    if family == "resnet":
        net.fc = nn.Linear(net.fc.in_features, classes)
    elif family in ("alexnet", "vgg"):
        last = net.classifier[-1]
        net.classifier[-1] = nn.Linear(last.in_features, classes)
    elif family == "squeezenet":
        net.classifier[1] = nn.Conv2d(512, classes, kernel_size=1)
    elif family == "densenet":
        old = net.classifier
        net.classifier = nn.Linear(old.in_features, classes)
    elif family == "inception":
        for part in (net, net.AuxLogits):
            part.fc = nn.Linear(part.fc.in_features, classes)
    return net


# %% right="replace_head: a table of paths to the heads, get_submodule and setattr"
def replace_head(family: str, net: nn.Module, classes: int) -> nn.Module:
    places = {
        "resnet": ["fc"],
        "alexnet": ["classifier.6"],
        "vgg": ["classifier.6"],
        "squeezenet": ["classifier.1"],
        "densenet": ["classifier"],
        "inception": ["fc", "AuxLogits.fc"],
    }
    for path in places[family]:
        parent, _, name = path.rpartition(".")
        old = net.get_submodule(path)
        if isinstance(old, nn.Conv2d):
            new = nn.Conv2d(old.in_channels, classes, old.kernel_size)
        else:
            new = nn.Linear(old.in_features, classes)
        setattr(net.get_submodule(parent), name, new)
    return net


# %% right="replace_head: match, a helper that makes a layer like the old one, one Sequential rebuilt"
def replace_head(family: str, net: nn.Module, classes: int) -> nn.Module:
    def dense_like(layer):
        return nn.Linear(layer.weight.shape[1], classes)

    match family:
        case "alexnet" | "vgg":
            *body, last = net.classifier
            net.classifier = nn.Sequential(*body, dense_like(last))
        case "squeezenet":
            position = next(i for i, layer in enumerate(net.classifier) if isinstance(layer, nn.Conv2d))
            net.classifier[position] = nn.Conv2d(512, classes, (1, 1), stride=(1, 1))
        case "densenet":
            net.classifier = dense_like(net.classifier)
        case "resnet" | "inception":
            net.fc = dense_like(net.fc)
            if family == "inception" and net.AuxLogits is not None:
                net.AuxLogits.fc = dense_like(net.AuxLogits.fc)
    return net


# %% wrong="replace_head: 512 inputs in every ResNet; breaks: Where a layer needs to know how many numbers come in, ask the old one: members of a family differ, seen with resnet50 (2048)"
def replace_head(family: str, net: nn.Module, classes: int) -> nn.Module:
    if family == "resnet":
        net.fc = nn.Linear(512, classes)
    elif family in ("alexnet", "vgg"):
        last = net.classifier[-1]
        net.classifier[-1] = nn.Linear(last.in_features, classes)
    elif family == "squeezenet":
        net.classifier[1] = nn.Conv2d(512, classes, kernel_size=1)
    elif family == "densenet":
        old = net.classifier
        net.classifier = nn.Linear(old.in_features, classes)
    elif family == "inception":
        for part in (net, net.AuxLogits):
            part.fc = nn.Linear(part.fc.in_features, classes)
    return net


# %% wrong="replace_head: Inception keeps its auxiliary head; breaks: Inception v3 has two heads, each network gets a fresh head for classes classes, seen with AuxLogits.fc of inception_v3"
def replace_head(family: str, net: nn.Module, classes: int) -> nn.Module:
    if family in ("resnet", "inception"):
        net.fc = nn.Linear(net.fc.in_features, classes)
    elif family in ("alexnet", "vgg"):
        last = net.classifier[-1]
        net.classifier[-1] = nn.Linear(last.in_features, classes)
    elif family == "squeezenet":
        net.classifier[1] = nn.Conv2d(512, classes, kernel_size=1)
    elif family == "densenet":
        old = net.classifier
        net.classifier = nn.Linear(old.in_features, classes)
    return net


# %% wrong="replace_head: SqueezeNet's head pads; breaks: SqueezeNet's head is a 1x1 convolution, keeps everything else, seen with squeezenet1_0: padding (1, 1), a frame of biases enters the mean"
def replace_head(family: str, net: nn.Module, classes: int) -> nn.Module:
    if family == "resnet":
        net.fc = nn.Linear(net.fc.in_features, classes)
    elif family in ("alexnet", "vgg"):
        last = net.classifier[-1]
        net.classifier[-1] = nn.Linear(last.in_features, classes)
    elif family == "squeezenet":
        net.classifier[1] = nn.Conv2d(512, classes, 1, padding=1)
    elif family == "densenet":
        old = net.classifier
        net.classifier = nn.Linear(old.in_features, classes)
    elif family == "inception":
        for part in (net, net.AuxLogits):
            part.fc = nn.Linear(part.fc.in_features, classes)
    return net


# %% wrong="replace_head: leaves a dense head that has the right number already; breaks: a fresh head, also where the old one had as many, seen with classes=1000 for resnet18"
def replace_head(family: str, net: nn.Module, classes: int) -> nn.Module:
    def fresh(old):
        if old.out_features == classes:
            return old
        return nn.Linear(old.in_features, classes)

    if family == "resnet":
        net.fc = fresh(net.fc)
    elif family in ("alexnet", "vgg"):
        net.classifier[-1] = fresh(net.classifier[-1])
    elif family == "squeezenet":
        net.classifier[1] = nn.Conv2d(512, classes, kernel_size=1)
    elif family == "densenet":
        net.classifier = fresh(net.classifier)
    elif family == "inception":
        for part in (net, net.AuxLogits):
            part.fc = fresh(part.fc)
    return net


# %% wrong="replace_head: AlexNet and VGG lose all but the last layer of their classifier; breaks: and keeps everything else, seen with vgg16: classifier is a single dense layer from 4096, scores cannot be computed"
def replace_head(family: str, net: nn.Module, classes: int) -> nn.Module:
    if family == "resnet":
        net.fc = nn.Linear(net.fc.in_features, classes)
    elif family in ("alexnet", "vgg"):
        last = net.classifier[-1]
        net.classifier = nn.Linear(last.in_features, classes)
    elif family == "squeezenet":
        net.classifier[1] = nn.Conv2d(512, classes, kernel_size=1)
    elif family == "densenet":
        old = net.classifier
        net.classifier = nn.Linear(old.in_features, classes)
    elif family == "inception":
        for part in (net, net.AuxLogits):
            part.fc = nn.Linear(part.fc.in_features, classes)
    return net


# %% right="freeze_for: the blanks filled"
def freeze_for(net: nn.Module, classes: int, lr: float) -> torch.optim.Optimizer:
    """Freezes net and gives it a fresh head fc, in place; returns an optimiser for the head alone."""
    for parameter in net.parameters():
        parameter.requires_grad = False
    net.fc = nn.Linear(net.fc.in_features, classes)
    return torch.optim.SGD(net.fc.parameters(), lr=lr, momentum=0.9)


# %% right="freeze_for: requires_grad_ of the whole network, the optimiser gets what still asks for a gradient"
def freeze_for(net, classes, lr):
    width = net.requires_grad_(False).fc.in_features
    setattr(net, "fc", nn.Linear(width, classes))
    trainable = [p for p in net.parameters() if p.requires_grad]
    return torch.optim.SGD([{"params": trainable, "lr": lr}], lr=lr, momentum=0.9)


# %% right="freeze_for: head first, then everything frozen, then the head thawed"
def freeze_for(net: nn.Module, classes: int, lr: float) -> torch.optim.Optimizer:
    head = nn.Linear(in_features=net.fc.weight.size(1), out_features=classes)
    net.fc = head
    for p in net.parameters():
        p.requires_grad_(False)
    head.weight.requires_grad_(True)
    head.bias.requires_grad_(True)
    return torch.optim.SGD([head.weight, head.bias], lr, 0.9)


# %% wrong="freeze_for: the new head is there before the loop and gets frozen; breaks: The order matters, train the head alone, seen with net.fc.weight.requires_grad"
def freeze_for(net: nn.Module, classes: int, lr: float) -> torch.optim.Optimizer:
    net.fc = nn.Linear(net.fc.in_features, classes)
    for parameter in net.parameters():
        parameter.requires_grad = False
    return torch.optim.SGD(net.fc.parameters(), lr=lr, momentum=0.9)


# %% wrong="freeze_for: the optimiser gets all parameters; breaks: an optimiser that knows the head's parameters and no others, seen with optimizer.param_groups"
def freeze_for(net: nn.Module, classes: int, lr: float) -> torch.optim.Optimizer:
    for parameter in net.parameters():
        parameter.requires_grad = False
    net.fc = nn.Linear(net.fc.in_features, classes)
    return torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)


# %% wrong="freeze_for: keeps the old head where the number of classes is right; breaks: a new head fc for classes classes (also where the old head has as many), seen with classes = net.fc.out_features"
def freeze_for(net: nn.Module, classes: int, lr: float) -> torch.optim.Optimizer:
    for parameter in net.parameters():
        parameter.requires_grad = False
    if net.fc.out_features != classes:
        net.fc = nn.Linear(net.fc.in_features, classes)
    net.fc.requires_grad_(True)
    return torch.optim.SGD(net.fc.parameters(), lr=lr, momentum=0.9)


# %% wrong="freeze_for: no momentum; breaks: return an SGD optimiser with momentum 0.9, seen with the second of two steps"
def freeze_for(net: nn.Module, classes: int, lr: float) -> torch.optim.Optimizer:
    for parameter in net.parameters():
        parameter.requires_grad = False
    net.fc = nn.Linear(net.fc.in_features, classes)
    return torch.optim.SGD(net.fc.parameters(), lr=lr)


# %% wrong="freeze_for: whatever has fc in its name stays trainable; breaks: freeze everything that is in net, seen with a layer fc1 or block.fc below the head"
def freeze_for(net: nn.Module, classes: int, lr: float) -> torch.optim.Optimizer:
    net.fc = nn.Linear(net.fc.in_features, classes)
    for name, parameter in net.named_parameters():
        if "fc" not in name:
            parameter.requires_grad = False
    return torch.optim.SGD(net.fc.parameters(), lr=lr, momentum=0.9)


# %% right="discriminative_groups: from the end, the rate is divided each time"
def discriminative_groups(net: nn.Module, lr: float, factor: float) -> list[dict]:
    """Parameter groups for an optimiser, one a child; rates fall by the factor from the last child to the first."""
    groups, rate = [], lr
    for child in reversed(list(net.children())):
        parameters = list(child.parameters())
        if parameters:
            groups.append({"params": parameters, "lr": rate})
            rate = rate / factor
    return groups


# %% right="discriminative_groups: comprehension, powers of the factor, from the first child to the last"
def discriminative_groups(net: nn.Module, lr: float, factor: float) -> list[dict]:
    layers = [found for child in net.children() if (found := list(child.parameters()))]
    return [
        {"params": found, "lr": lr / factor ** (len(layers) - place)} for place, found in enumerate(layers, start=1)
    ]


# %% right="discriminative_groups: named_children sorted into a dict, rates by accumulate"
from itertools import accumulate, repeat


def discriminative_groups(net, lr, factor):
    owned = {name: tuple(child.parameters()) for name, child in net.named_children()}
    filled = [params for params in owned.values() if len(params) > 0][::-1]
    rates = accumulate(repeat(factor, len(filled)), lambda rate, by: rate / by, initial=lr)
    return [dict(params=list(params), lr=rate) for params, rate in zip(filled, rates, strict=False)]


# %% wrong="discriminative_groups: children without parameters count; breaks: A child without parameters (a ReLU, say) makes no group and does not count, seen with dense, relu, dense"
def discriminative_groups(net: nn.Module, lr: float, factor: float) -> list[dict]:
    groups = []
    for place, child in enumerate(reversed(list(net.children()))):
        parameters = list(child.parameters())
        if parameters:
            groups.append({"params": parameters, "lr": lr / factor**place})
    return groups


# %% wrong="discriminative_groups: frozen children are left out; breaks: one whose parameters are frozen does (count), seen with dense, frozen, dense"
def discriminative_groups(net: nn.Module, lr: float, factor: float) -> list[dict]:
    groups, rate = [], lr
    for child in reversed(list(net.children())):
        parameters = [p for p in child.parameters() if p.requires_grad]
        if parameters:
            groups.append({"params": parameters, "lr": rate})
            rate /= factor
    return groups


# %% wrong="discriminative_groups: always a factor of ten; breaks: the one before at lr / factor, seen with factor=2"
def discriminative_groups(net: nn.Module, lr: float, factor: float) -> list[dict]:
    children = [child for child in net.children() if list(child.parameters())]
    groups = []
    for place, child in enumerate(reversed(children)):
        groups.append({"params": list(child.parameters()), "lr": lr * 0.1**place})
    return groups


# %% wrong="discriminative_groups: one group for each layer at any depth; breaks: Make one group for each child of net, seen with a child that is a Sequential of two dense layers"
def discriminative_groups(net: nn.Module, lr: float, factor: float) -> list[dict]:
    groups, rate = [], lr
    layers = [m for m in net.modules() if not list(m.children())]
    for layer in reversed(layers):
        parameters = list(layer.parameters())
        if parameters:
            groups.append({"params": parameters, "lr": rate})
            rate /= factor
    return groups


# %% wrong="discriminative_groups: only the weight matrices get into the groups; breaks: one group for each child (all its parameters), seen with biases and with a batch norm, which makes no group"
def discriminative_groups(net: nn.Module, lr: float, factor: float) -> list[dict]:
    groups, rate = [], lr
    for child in reversed(list(net.children())):
        weights = [p for p in child.parameters() if p.dim() > 1]
        if weights:
            groups.append({"params": weights, "lr": rate})
            rate /= factor
    return groups


# %% right="fine_tune: the blanks filled"
def fine_tune(net, loaders, loss_func, optimizer, scheduler, epochs: int) -> float:
    """Trains net; leaves it with the weights of its best epoch, and returns that epoch's validation accuracy."""
    best_accuracy, best_weights = 0.0, copy.deepcopy(net.state_dict())
    for _ in range(epochs):
        for phase in ("train", "valid"):
            if phase == "train":
                net.train()
            else:
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
                best_accuracy = right / total
                best_weights = copy.deepcopy(net.state_dict())
    net.load_state_dict(best_weights)
    return best_accuracy


# %% right="fine_tune: two helper functions, clones in a dict, the first epoch is kept even with no right answer"
def _train_once(net, loader, loss_func, optimizer):
    net.train()
    with torch.enable_grad():
        for xb, yb in loader:
            loss = loss_func(net(xb), yb)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()


@torch.no_grad()
def _share_right(net, loader):
    net.eval()
    answers = [(net(xb).argmax(dim=1) == yb) for xb, yb in loader]
    return torch.cat(answers).double().mean().item()


def fine_tune(net, loaders, loss_func, optimizer, scheduler, epochs: int) -> float:
    best, kept = -1.0, {}
    for _ in range(epochs):
        _train_once(net, loaders["train"], loss_func, optimizer)
        scheduler.step()
        share = _share_right(net, loaders["valid"])
        if share > best:
            best, kept = share, {name: value.detach().clone() for name, value in net.state_dict().items()}
    if kept:
        net.load_state_dict(kept)
    return max(best, 0.0)


# %% right="fine_tune: every epoch is saved to memory, the first best one is chosen at the end"
import io


def fine_tune(net, loaders, loss_func, optimizer, scheduler, epochs: int) -> float:
    history = []
    for epoch in range(epochs):
        net.train(True)
        for inputs, labels in loaders["train"]:
            optimizer.zero_grad()
            loss_func(net(inputs), labels).backward()
            optimizer.step()
        net.train(False)
        right, total = 0, 0
        with torch.inference_mode():
            for inputs, labels in loaders["valid"]:
                _, guess = net(inputs).max(dim=1)
                right += int(torch.count_nonzero(guess == labels))
                total += labels.numel()
        scheduler.step()
        memory = io.BytesIO()
        torch.save(net.state_dict(), memory)
        history.append((right / total, -epoch, memory))
    if not history:
        return 0.0
    best, _, memory = max(history, key=lambda entry: entry[:2])
    memory.seek(0)
    net.load_state_dict(torch.load(memory, weights_only=True))
    return best


# %% wrong="fine_tune: keeps the parameters of the best epoch but not the buffers; breaks: What is kept of the best epoch are all the numbers of the network, parameters and buffers, seen with a net that has a batch norm (or any buffer that moves) when the last epoch is not the best"
def fine_tune(net, loaders, loss_func, optimizer, scheduler, epochs: int) -> float:
    best_accuracy, best_weights = 0.0, copy.deepcopy(dict(net.named_parameters()))
    for _ in range(epochs):
        for phase in ("train", "valid"):
            if phase == "train":
                net.train()
            else:
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
                best_accuracy = right / total
                best_weights = copy.deepcopy(dict(net.named_parameters()))
    net.load_state_dict(best_weights, strict=False)
    return best_accuracy


# %% wrong="fine_tune: stays in training mode while it validates; breaks: In the training phase the network is in training mode; in the validation phase neither, seen with net.training during validation, and with a batch norm or dropout in the net"
def fine_tune(net, loaders, loss_func, optimizer, scheduler, epochs: int) -> float:
    best_accuracy, best_weights = 0.0, copy.deepcopy(net.state_dict())
    net.train()
    for _ in range(epochs):
        for phase in ("train", "valid"):
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
                best_accuracy = right / total
                best_weights = copy.deepcopy(net.state_dict())
    net.load_state_dict(best_weights)
    net.eval()
    return best_accuracy


# %% wrong="fine_tune: gradients are recorded in both phases; breaks: gradients are recorded; in the validation phase neither, seen with torch.is_grad_enabled() in forward during validation"
def fine_tune(net, loaders, loss_func, optimizer, scheduler, epochs: int) -> float:
    best_accuracy, best_weights = 0.0, copy.deepcopy(net.state_dict())
    for _ in range(epochs):
        for phase in ("train", "valid"):
            if phase == "train":
                net.train()
            else:
                net.eval()
            right, total = 0, 0
            for xb, yb in loaders[phase]:
                optimizer.zero_grad()
                with torch.set_grad_enabled(True):
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
                best_accuracy = right / total
                best_weights = copy.deepcopy(net.state_dict())
    net.load_state_dict(best_weights)
    return best_accuracy


# %% wrong="fine_tune: training mode only before the first epoch; breaks: In the training phase the network is in training mode, seen from the second epoch on with net.training, and with a batch norm, whose statistics stop moving"
def fine_tune(net, loaders, loss_func, optimizer, scheduler, epochs: int) -> float:
    best_accuracy, best_weights = 0.0, copy.deepcopy(net.state_dict())
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
                best_accuracy = right / total
                best_weights = copy.deepcopy(net.state_dict())
    net.load_state_dict(best_weights)
    return best_accuracy


# %% wrong="fine_tune: of equally good epochs the last one is kept; breaks: Of two equally good epochs, the first one is kept, seen with a later epoch that is as good as the best"
def fine_tune(net, loaders, loss_func, optimizer, scheduler, epochs: int) -> float:
    best_accuracy, best_weights = 0.0, copy.deepcopy(net.state_dict())
    for _ in range(epochs):
        for phase in ("train", "valid"):
            if phase == "train":
                net.train()
            else:
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
            elif right / total >= best_accuracy:
                best_accuracy = right / total
                best_weights = copy.deepcopy(net.state_dict())
    net.load_state_dict(best_weights)
    return best_accuracy


# %% right="train_head: eval instead of train"
def train_head(net, x, y, lr: float, steps: int) -> list[float]:
    """Trains net.fc in place on all of x and y; what lies below it must compute what it did before.

    Returns the losses.
    """
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


# %% right="train_head: what reaches the head is computed once, with an Identity in its place"
def train_head(net, x, y, lr: float, steps: int) -> list[float]:
    head = net.fc
    net.requires_grad_(False)
    net.eval()
    try:
        net.fc = nn.Identity()
        with torch.no_grad():
            features = net(x)
    finally:
        net.fc = head
    head.requires_grad_(True)
    opt = torch.optim.SGD(head.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        opt.zero_grad()
        loss = F.cross_entropy(head(features), y)
        loss.backward()
        opt.step()
        losses.append(float(loss))
    return losses


# %% right="train_head: steps by hand with autograd.grad; every module gets its old mode back"
def train_head(net, x, y, lr: float, steps: int) -> list[float]:
    modes = [(module, module.training) for module in net.modules()]
    for p in net.parameters():
        p.requires_grad = False
    for module, _ in modes:
        module.training = False
    numbers = list(net.fc.parameters())
    for p in numbers:
        p.requires_grad = True

    def step():
        loss = F.cross_entropy(net(x), y)
        slopes = torch.autograd.grad(loss, numbers)
        with torch.no_grad():
            for p, slope in zip(numbers, slopes, strict=True):
                p -= lr * slope
        return loss.item()

    losses = [step() for _ in range(steps)]
    for module, mode in modes:
        module.training = mode
    return losses


# %% wrong="train_head: only batch norms are put into evaluation mode; breaks: compute exactly what it computes in use, whatever kinds of layers it holds, seen with dropout below the head: losses are random"
def train_head(net, x, y, lr: float, steps: int) -> list[float]:
    net.train()
    for module in net.modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)):
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


# %% wrong="train_head: trains in training mode and puts the old buffers back afterwards; breaks: what lies below should compute exactly what it computes in use, seen with the losses and the head of a net with a batch norm: they come from the batch's statistics"
def train_head(net, x, y, lr: float, steps: int) -> list[float]:
    before = copy.deepcopy({name: value for name, value in net.state_dict().items() if not name.startswith("fc.")})
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
    net.load_state_dict(before, strict=False)
    return losses


# %% wrong="train_head: evaluation mode, but nothing is frozen any more; breaks: leaves all the rest frozen (no gradient is computed for them), seen with p.grad and p.requires_grad of the parameters below the head"
def train_head(net, x, y, lr: float, steps: int) -> list[float]:
    net.eval()
    opt = torch.optim.SGD(net.fc.parameters(), lr)
    losses = []
    for _ in range(steps):
        loss = F.cross_entropy(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="train_head: the children are put into evaluation mode, net itself stays in training mode; breaks: what lies below should compute exactly what it computes in use, whatever kinds of layers, seen with a net whose own forward says F.dropout(x, training=self.training) before fc"
def train_head(net, x, y, lr: float, steps: int) -> list[float]:
    net.train()
    for name, child in net.named_children():
        if name != "fc":
            child.eval()
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


# %% wrong="train_head: only batch norms that are children of net itself are put into evaluation mode; breaks: everything below the head computes what it did before, whatever kinds of layers it holds, seen with a batch norm inside a block"
def train_head(net, x, y, lr: float, steps: int) -> list[float]:
    net.train()
    for child in net.children():
        if "BatchNorm" in type(child).__name__:
            child.eval()
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
