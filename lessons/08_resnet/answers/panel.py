# Answers by a panel that read only the released notebook: what `course audit` grades and counts apart. No student sees them.

# %% right="identity_conv: zeros, and a loop over the channels"
def identity_conv(channels: int) -> nn.Conv2d:
    conv = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
    with torch.no_grad():
        conv.weight.zero_()
        for channel in range(channels):
            conv.weight[channel, channel, 1, 1] = 1
    return conv


# %% right="identity_conv: nn.init.dirac_"
def identity_conv(channels):
    conv = nn.Conv2d(channels, channels, kernel_size=3, padding="same", bias=False)
    nn.init.dirac_(conv.weight)
    return conv


# %% right="identity_conv: a new parameter from the unit matrix, padded by zeros"
def identity_conv(channels):
    layer = nn.Conv2d(channels, channels, (3, 3), stride=1, padding=(1, 1), bias=False)
    middle = torch.eye(channels).reshape(channels, channels, 1, 1)
    layer.weight = nn.Parameter(F.pad(middle, (1, 1, 1, 1)))
    return layer


# %% wrong="identity_conv: the weights are frozen; breaks: it stays a normal layer, whose weights can be trained"
def identity_conv(channels: int) -> nn.Conv2d:
    conv = nn.Conv2d(channels, channels, 3, padding=1, bias=False).requires_grad_(False)
    conv.weight.zero_()
    for channel in range(channels):
        conv.weight[channel, channel, 1, 1] = 1
    return conv


# %% wrong="identity_conv: has a bias of zeros; breaks: a 3x3 convolution without bias"
def identity_conv(channels: int) -> nn.Conv2d:
    conv = nn.Conv2d(channels, channels, 3, padding=1)
    with torch.no_grad():
        conv.weight.zero_()
        conv.bias.zero_()
        for channel in range(channels):
            conv.weight[channel, channel, 1, 1] = 1
    return conv


# %% wrong="identity_conv: a window of one pixel; breaks: a 3x3 convolution"
def identity_conv(channels: int) -> nn.Conv2d:
    conv = nn.Conv2d(channels, channels, 1, bias=False)
    with torch.no_grad():
        conv.weight.copy_(torch.eye(channels)[:, :, None, None])
    return conv


# %% wrong="identity_conv: one group a channel, so that the weights are (channels, 1, 3, 3); breaks: a normal layer from channels to channels, weight (out, in, 3, 3)"
def identity_conv(channels: int) -> nn.Conv2d:
    conv = nn.Conv2d(channels, channels, 3, padding=1, groups=channels, bias=False)
    with torch.no_grad():
        conv.weight.zero_()
        conv.weight[:, 0, 1, 1] = 1
    return conv


# %% wrong="identity_conv: only the first two channels pass; breaks: returns exactly what it is given, for any number of channels"
def identity_conv(channels: int) -> nn.Conv2d:
    conv = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
    with torch.no_grad():
        conv.weight.zero_()
        for channel in range(min(channels, 2)):
            conv.weight[channel, channel, 1, 1] = 1
    return conv


# %% right="residual_by_hand: blanks filled"
def residual_by_hand(a: torch.Tensor, w1, b1, w2, b2) -> torch.Tensor:
    inner = F.relu(a @ w1 + b1)
    z = inner @ w2 + b2
    return F.relu(z + a)


# %% right="residual_by_hand: addmm and clamp"
def residual_by_hand(a, w1, b1, w2, b2):
    hidden = torch.addmm(b1, a, w1).clamp(min=0)
    return (a + torch.addmm(b2, hidden, w2)).clamp(min=0)


# %% right="residual_by_hand: F.linear with transposed weights, maximum with zero"
def residual_by_hand(a, w1, b1, w2, b2):
    def bend(values):
        return torch.maximum(values, torch.zeros_like(values))

    residual = F.linear(bend(F.linear(a, w1.T, b1)), w2.T, b2)
    return bend(residual.add(a))


# %% wrong="residual_by_hand: the shortcut joins after the last ReLU; breaks: the shortcut joins before its ReLU g"
def residual_by_hand(a: torch.Tensor, w1, b1, w2, b2) -> torch.Tensor:
    inner = F.relu(a @ w1 + b1)
    z = inner @ w2 + b2
    return F.relu(z) + a


# %% wrong="residual_by_hand: no ReLU between the layers; breaks: layer, ReLU, layer"
def residual_by_hand(a: torch.Tensor, w1, b1, w2, b2) -> torch.Tensor:
    inner = a @ w1 + b1
    z = inner @ w2 + b2
    return F.relu(z + a)


# %% wrong="residual_by_hand: the signal is multiplied by one plus the residual; breaks: add x back by a shortcut"
def residual_by_hand(a: torch.Tensor, w1, b1, w2, b2) -> torch.Tensor:
    inner = F.relu(a @ w1 + b1)
    z = inner @ w2 + b2
    return F.relu(a * (1 + z))


# %% wrong="residual_by_hand: the shortcut carries relu(a); breaks: the shortcut hands on x itself (negative numbers)"
def residual_by_hand(a: torch.Tensor, w1, b1, w2, b2) -> torch.Tensor:
    inner = F.relu(a @ w1 + b1)
    z = inner @ w2 + b2
    return F.relu(z + F.relu(a))


# %% wrong="residual_by_hand: b1 comes after the ReLU; breaks: z is what goes into the ReLU, weights and bias"
def residual_by_hand(a: torch.Tensor, w1, b1, w2, b2) -> torch.Tensor:
    inner = F.relu(a @ w1) + b1
    z = inner @ w2 + b2
    return F.relu(z + a)


# %% right="ResidualBlock: blanks filled"
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
        shortcut = x if self.downsample is None else self.downsample(x)
        return self.relu(out + shortcut)


# %% right="ResidualBlock: torchvision's own block with a projection worked out before"
class ResidualBlock(torchvision.models.resnet.BasicBlock):
    def __init__(self, in_channels, out_channels, stride=1):
        same = (in_channels, 1) == (out_channels, stride)
        projection = [nn.Conv2d(in_channels, out_channels, kernel_size=1, stride=stride, bias=False)]
        projection += [nn.BatchNorm2d(out_channels)]
        super().__init__(in_channels, out_channels, stride, None if same else nn.Sequential(*projection))


# %% right="ResidualBlock: a helper for the convolutions, relu in place, out grows step by step"
def _window(before, after, side, stride=1):
    return nn.Conv2d(before, after, kernel_size=side, stride=stride, padding=side // 2, bias=False)


class ResidualBlock(nn.Module):
    def __init__(self, in_channels: int, out_channels: int, stride: int = 1):
        super().__init__()
        self.conv1, self.bn1 = _window(in_channels, out_channels, 3, stride), nn.BatchNorm2d(out_channels)
        self.relu = nn.ReLU(inplace=True)
        self.conv2, self.bn2 = _window(out_channels, out_channels, 3), nn.BatchNorm2d(out_channels)
        fits = stride == 1 and in_channels == out_channels
        self.downsample = (
            None if fits else nn.Sequential(_window(in_channels, out_channels, 1, stride), nn.BatchNorm2d(out_channels))
        )

    def forward(self, x):
        out = x
        for layer in (self.conv1, self.bn1, self.relu, self.conv2, self.bn2):
            out = layer(out)
        out += x if self.downsample is None else self.downsample(x)
        return self.relu(out)


# %% wrong="ResidualBlock: projects only where the stride is not 1; breaks: downsample where it is needed (other channels at the same size too)"
class ResidualBlock(nn.Module):
    def __init__(self, in_channels: int, out_channels: int, stride: int = 1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.relu = nn.ReLU()
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.downsample = None
        if stride != 1:
            self.downsample = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, stride, bias=False),
                nn.BatchNorm2d(out_channels),
            )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        shortcut = x if self.downsample is None else self.downsample(x)
        return self.relu(out + shortcut)


# %% wrong="ResidualBlock: projects only where the channels differ; breaks: downsample where it is needed (half the size with the same channels too)"
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


# %% wrong="ResidualBlock: the stride is 2 if it is left out; breaks: stride: int = 1"
class ResidualBlock(nn.Module):
    def __init__(self, in_channels: int, out_channels: int, stride: int = 2):
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


# %% wrong="ResidualBlock: drops a tenth of the channels while training; breaks: the drawing, conv2 comes right after the ReLU"
class ResidualBlock(nn.Module):
    def __init__(self, in_channels: int, out_channels: int, stride: int = 1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.relu = nn.ReLU()
        self.drop = nn.Dropout2d(0.1)
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
        out = self.bn2(self.conv2(self.drop(out)))
        shortcut = x if self.downsample is None else self.downsample(x)
        return self.relu(out + shortcut)


# %% wrong="ResidualBlock: the norms always use their running statistics; breaks: each convolution followed by batch norm (in training mode it takes the batch's)"
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
        self.bn1.eval()
        self.bn2.eval()
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        shortcut = x if self.downsample is None else self.downsample(x)
        return self.relu(out + shortcut)


# %% right="block_group: blanks filled"
def block_group(block, n_blocks: int, in_channels: int, out_channels: int, first_stride: int) -> nn.Sequential:
    blocks = [block(in_channels, out_channels, first_stride)]
    for _ in range(n_blocks - 1):
        blocks.append(block(out_channels, out_channels))
    return nn.Sequential(*blocks)


# %% right="block_group: one comprehension over the place of the block"
def block_group(block, n_blocks, in_channels, out_channels, first_stride):
    row = [
        block(out_channels if place else in_channels, out_channels, 1 if place else first_stride)
        for place in range(n_blocks)
    ]
    return nn.Sequential(*row)


# %% right="block_group: appends to a Sequential, before becomes after"
def block_group(block, n_blocks, in_channels, out_channels, first_stride):
    group, before, stride = nn.Sequential(), in_channels, first_stride
    while len(group) < n_blocks:
        group.append(block(before, out_channels, stride))
        before, stride = out_channels, 1
    return group


# %% wrong="block_group: one and the same block stands there again and again; breaks: n blocks in a row"
def block_group(block, n_blocks: int, in_channels: int, out_channels: int, first_stride: int) -> nn.Sequential:
    blocks = [block(in_channels, out_channels, first_stride)]
    if n_blocks > 1:
        blocks += [block(out_channels, out_channels)] * (n_blocks - 1)
    return nn.Sequential(*blocks)


# %% wrong="block_group: always three blocks, as in the test; breaks: n blocks"
def block_group(block, n_blocks: int, in_channels: int, out_channels: int, first_stride: int) -> nn.Sequential:
    blocks = [block(in_channels, out_channels, first_stride)]
    for _ in range(2):
        blocks.append(block(out_channels, out_channels))
    return nn.Sequential(*blocks)


# %% wrong="block_group: at least two blocks; breaks: n blocks (a group of one)"
def block_group(block, n_blocks: int, in_channels: int, out_channels: int, first_stride: int) -> nn.Sequential:
    blocks = [block(in_channels, out_channels, first_stride)]
    for _ in range(max(1, n_blocks - 1)):
        blocks.append(block(out_channels, out_channels))
    return nn.Sequential(*blocks)


# %% wrong="block_group: guesses the channels that come in from the stride; breaks: the first goes from in to out"
def block_group(block, n_blocks: int, in_channels: int, out_channels: int, first_stride: int) -> nn.Sequential:
    blocks = [block(out_channels // first_stride, out_channels, first_stride)]
    for _ in range(n_blocks - 1):
        blocks.append(block(out_channels, out_channels))
    return nn.Sequential(*blocks)


# %% wrong="block_group: the first stride is 2 wherever the channels grow; breaks: the first takes the stride that is given"
def block_group(block, n_blocks: int, in_channels: int, out_channels: int, first_stride: int) -> nn.Sequential:
    blocks = [block(in_channels, out_channels, 2 if out_channels != in_channels else 1)]
    for _ in range(n_blocks - 1):
        blocks.append(block(out_channels, out_channels))
    return nn.Sequential(*blocks)


# %% right="ResNet: part by part, mean over the pixels"
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
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.max_pool2d(x, 3, stride=2, padding=1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean(dim=(2, 3)))


# %% right="ResNet: modules for everything, adaptive pooling and flatten"
class ResNet(nn.Module):
    def __init__(self, group, n_blocks, classes=1000):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, kernel_size=(7, 7), stride=(2, 2), padding=(3, 3), bias=False)
        self.bn1, self.relu = nn.BatchNorm2d(64), nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(kernel_size=3, stride=2, padding=1)
        a, b, c, d = n_blocks
        self.layer1, self.layer2 = group(a, 64, 64, 1), group(b, 64, 128, 2)
        self.layer3, self.layer4 = group(c, 128, 256, 2), group(d, 256, 512, 2)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(512, classes)

    def forward(self, x):
        stem = (self.conv1, self.bn1, self.relu, self.maxpool)
        for part in (*stem, self.layer1, self.layer2, self.layer3, self.layer4, self.avgpool):
            x = part(x)
        return self.fc(torch.flatten(x, 1))


# %% right="ResNet: groups in a loop with add_module, einsum for the mean"
class ResNet(nn.Module):
    def __init__(self, group, n_blocks: tuple[int, int, int, int], classes: int = 1000):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        before = 64
        for place, count in enumerate(n_blocks):
            after = 64 * 2**place
            self.add_module(f"layer{place + 1}", group(count, before, after, min(place + 1, 2)))
            before = after
        self.fc = nn.Linear(before, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = F.max_pool2d(self.bn1(self.conv1(x)).relu(), kernel_size=3, stride=2, padding=1)
        for place in range(1, 5):
            x = getattr(self, f"layer{place}")(x)
        features = torch.einsum("bchw->bc", x) / (x.shape[2] * x.shape[3])
        return self.fc(features)


# %% wrong="ResNet: no ReLU before the pooling; breaks: 7x7 convolution, batch norm, ReLU"
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
        x = self.bn1(self.conv1(x))
        x = F.max_pool2d(x, 3, stride=2, padding=1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean(dim=(2, 3)))


# %% wrong="ResNet: pools over windows of 2 without padding; breaks: max pooling, window 3, stride 2, padding 1"
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
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.max_pool2d(x, 2)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean(dim=(2, 3)))


# %% wrong="ResNet: takes the largest pixel of each channel at the end; breaks: the mean of each channel over all its pixels"
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
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.max_pool2d(x, 3, stride=2, padding=1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.amax(dim=(2, 3)))


# %% wrong="ResNet: returns probabilities; breaks: dense layer to classes scores"
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
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.max_pool2d(x, 3, stride=2, padding=1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean(dim=(2, 3))).softmax(dim=1)


# %% wrong="ResNet: always a thousand classes; breaks: dense layer to classes scores"
class ResNet(nn.Module):
    def __init__(self, group, n_blocks: tuple[int, int, int, int], classes: int = 1000):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.layer1 = group(n_blocks[0], 64, 64, 1)
        self.layer2 = group(n_blocks[1], 64, 128, 2)
        self.layer3 = group(n_blocks[2], 128, 256, 2)
        self.layer4 = group(n_blocks[3], 256, 512, 2)
        self.fc = nn.Linear(512, 1000)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.max_pool2d(x, 3, stride=2, padding=1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean(dim=(2, 3)))


# %% right="copy_weights: checks all shapes first, then copy_"
def copy_weights(mine: nn.Module, theirs: nn.Module) -> None:
    to, source = list(mine.state_dict().values()), list(theirs.state_dict().values())
    if len(to) != len(source) or any(a.shape != b.shape for a, b in zip(to, source)):
        raise ValueError("the networks do not fit")
    for a, b in zip(to, source):
        a.copy_(b)


# %% right="copy_weights: a state_dict with my names and their numbers, loaded"
def copy_weights(mine, theirs):
    ours, other = mine.state_dict(), theirs.state_dict()
    shapes = [[tuple(value.shape) for value in state.values()] for state in (ours, other)]
    if shapes[0] != shapes[1]:
        raise ValueError(f"{len(ours)} and {len(other)} entries, or other shapes")
    mine.load_state_dict({name: value.clone() for name, value in zip(ours, other.values())})


# %% right="copy_weights: pairs made with strict zip, checked in a loop, written under no_grad"
@torch.no_grad()
def copy_weights(mine: nn.Module, theirs: nn.Module) -> None:
    pairs = list(
        zip(mine.state_dict().items(), theirs.state_dict().items(), strict=True)
    )  # ValueError if one is longer
    for (name, value), (other_name, other) in pairs:
        if value.size() != other.size():
            raise ValueError(f"{name} and {other_name} have different shapes")
    for (_, value), (_, other) in pairs:
        value[...] = other


# %% wrong="copy_weights: their tensors themselves are put into mine; breaks: the two must not share memory, copy into the tensors that mine already has"
def copy_weights(mine: nn.Module, theirs: nn.Module) -> None:
    to, source = list(mine.state_dict().values()), list(theirs.state_dict().values())
    if len(to) != len(source) or any(a.shape != b.shape for a, b in zip(to, source)):
        raise ValueError("the networks do not fit")
    mine.load_state_dict(dict(zip(mine.state_dict(), source)), assign=True)


# %% wrong="copy_weights: copies until it meets a shape that differs; breaks: raise a ValueError and leave mine as it was"
def copy_weights(mine: nn.Module, theirs: nn.Module) -> None:
    to, source = list(mine.state_dict().values()), list(theirs.state_dict().values())
    if len(to) != len(source):
        raise ValueError("more or fewer entries")
    for a, b in zip(to, source):
        if a.shape != b.shape:
            raise ValueError("one shape differs")
        a.copy_(b)


# %% wrong="copy_weights: the surplus of the longer network is not noticed; breaks: if there are more or fewer entries, raise a ValueError"
def copy_weights(mine: nn.Module, theirs: nn.Module) -> None:
    to, source = list(mine.state_dict().values()), list(theirs.state_dict().values())
    if any(a.shape != b.shape for a, b in zip(to, source)):
        raise ValueError("the networks do not fit")
    for a, b in zip(to, source):
        a.copy_(b)


# %% wrong="copy_weights: compares the numbers of numbers only; breaks: if one shape differs, raise a ValueError"
def copy_weights(mine: nn.Module, theirs: nn.Module) -> None:
    to, source = list(mine.state_dict().values()), list(theirs.state_dict().values())
    if len(to) != len(source) or any(a.numel() != b.numel() for a, b in zip(to, source)):
        raise ValueError("the networks do not fit")
    for a, b in zip(to, source):
        a.copy_(b.reshape(a.shape))


# %% wrong="copy_weights: passes over whole numbers such as num_batches_tracked; breaks: copy all the numbers"
def copy_weights(mine: nn.Module, theirs: nn.Module) -> None:
    to, source = list(mine.state_dict().values()), list(theirs.state_dict().values())
    if len(to) != len(source) or any(a.shape != b.shape for a, b in zip(to, source)):
        raise ValueError("the networks do not fit")
    for a, b in zip(to, source):
        if a.is_floating_point():
            a.copy_(b)


# %% right="zero_last_norms: getattr and nn.init"
def zero_last_norms(net: nn.Module) -> None:
    for module in net.modules():
        norm = getattr(module, "bn3", None) or getattr(module, "bn2", None)
        if norm is not None:
            nn.init.zeros_(norm.weight)


# %% right="zero_last_norms: recursion over the children, fill_ under no_grad"
@torch.no_grad()
def zero_last_norms(net):
    for name in ("bn3", "bn2"):
        if hasattr(net, name):
            getattr(net, name).weight.fill_(0.0)
            break
    for child in net.children():
        zero_last_norms(child)


# %% right="zero_last_norms: collects the norms by their full names first"
def zero_last_norms(net):
    last = {}
    for name, module in net.named_modules():
        home, _, own = name.rpartition(".")
        if own in ("bn2", "bn3") and own >= last.get(home, ("", None))[0]:
            last[home] = (own, module)
    for _, norm in last.values():
        norm.weight.data.zero_()


# %% wrong="zero_last_norms: puts a new parameter in the place of the old one; breaks: write zeros into the tensor that is there, which an optimiser may know already"
def zero_last_norms(net: nn.Module) -> None:
    for module in net.modules():
        norm = getattr(module, "bn3", None) or getattr(module, "bn2", None)
        if norm is not None:
            norm.weight = nn.Parameter(torch.zeros_like(norm.weight))


# %% wrong="zero_last_norms: the bias becomes zero too; breaks: everything else stays as it is"
def zero_last_norms(net: nn.Module) -> None:
    for module in net.modules():
        norm = getattr(module, "bn3", None) or getattr(module, "bn2", None)
        if norm is not None:
            nn.init.zeros_(norm.weight)
            nn.init.zeros_(norm.bias)


# %% wrong="zero_last_norms: silences bn2 also where there is a bn3; breaks: a block's last norm is its bn3 where it has one, everything else stays as it is"
def zero_last_norms(net: nn.Module) -> None:
    for module in net.modules():
        for name in ("bn2", "bn3"):
            norm = getattr(module, name, None)
            if norm is not None:
                nn.init.zeros_(norm.weight)


# %% wrong="zero_last_norms: freezes the weight; breaks: the weight remains trainable"
def zero_last_norms(net: nn.Module) -> None:
    for module in net.modules():
        norm = getattr(module, "bn3", None) or getattr(module, "bn2", None)
        if norm is not None:
            norm.weight.requires_grad_(False).zero_()


# %% wrong="zero_last_norms: knows torchvision's two classes only; breaks: every residual block of net, whatever has a bn3 or a bn2 (also your own)"
def zero_last_norms(net: nn.Module) -> None:
    for module in net.modules():
        if isinstance(module, torchvision.models.resnet.Bottleneck):
            nn.init.zeros_(module.bn3.weight)
        elif isinstance(module, torchvision.models.resnet.BasicBlock):
            nn.init.zeros_(module.bn2.weight)


# %% right="paths: doubles the list at every block, math.comb"
def paths(branches, x: torch.Tensor) -> list[torch.Tensor]:
    signals = [x]
    for branch in branches:
        signals = signals + [branch(signal) for signal in signals]
    return signals


def path_lengths(n: int) -> list[int]:
    return [math.comb(n, k) for k in range(n + 1)]


# %% right="paths: all choices of yes and no with itertools, Pascal's triangle"
import itertools


def paths(branches, x):
    ends = []
    for choice in itertools.product([False, True], repeat=len(branches)):
        signal = x
        for through, branch in zip(choice, branches):
            if through:
                signal = branch(signal)
        ends.append(signal)
    return ends


def path_lengths(n):
    row = [1]
    for _ in range(n):
        row = [left + right for left, right in zip([0, *row], [*row, 0])]
    return row


# %% right="paths: recursion on the first branch, factorials with whole-number division"
def paths(branches, x):
    if len(branches) == 0:
        return [x.clone()]
    first, *rest = branches
    return paths(rest, x) + paths(rest, first(x))


def path_lengths(n):
    f = math.factorial
    return [f(n) // (f(k) * f(n - k)) for k in range(n + 1)]


# %% wrong="paths: goes through the branches from the last to the first; breaks: the first one is met first"
def paths(branches, x: torch.Tensor) -> list[torch.Tensor]:
    signals = [x]
    for branch in reversed(branches):
        signals = signals + [branch(signal) for signal in signals]
    return signals


def path_lengths(n: int) -> list[int]:
    return [math.comb(n, k) for k in range(n + 1)]


# %% wrong="paths: by logarithms of factorials; breaks: exactly, also for n = 54"
def paths(branches, x: torch.Tensor) -> list[torch.Tensor]:
    signals = [x]
    for branch in branches:
        signals = signals + [branch(signal) for signal in signals]
    return signals


def path_lengths(n: int) -> list[int]:
    return [round(math.exp(math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1))) for k in range(n + 1)]


# %% wrong="paths: begins and ends with a one, even for no block at all; breaks: for k = 0 to n (n = 0 has one path)"
def paths(branches, x: torch.Tensor) -> list[torch.Tensor]:
    signals = [x]
    for branch in branches:
        signals = signals + [branch(signal) for signal in signals]
    return signals


def path_lengths(n: int) -> list[int]:
    return [1] + [math.comb(n, k) for k in range(1, n)] + [1]


# %% wrong="paths: signals that are equal are listed once; breaks: a list of the 2^n signals, one for each path"
def paths(branches, x: torch.Tensor) -> list[torch.Tensor]:
    signals = [x]
    for branch in branches:
        for signal in [branch(signal) for signal in signals]:
            if not any(torch.equal(signal, other) for other in signals):
                signals.append(signal)
    return signals


def path_lengths(n: int) -> list[int]:
    return [math.comb(n, k) for k in range(n + 1)]


# %% wrong="paths: no path where there is no branch; breaks: 2^n signals (n = 0 has one, x itself)"
def paths(branches, x: torch.Tensor) -> list[torch.Tensor]:
    if not branches:
        return []
    signals = [x, branches[0](x)]
    for branch in branches[1:]:
        signals += [branch(signal) for signal in signals]
    return signals


def path_lengths(n: int) -> list[int]:
    return [math.comb(n, k) for k in range(n + 1)]


# %% right="multiplications: squeezed is the sum of two direct ones"
def direct(height: int, width: int, in_channels: int, out_channels: int, kernel: int) -> int:
    return height * width * out_channels * in_channels * kernel**2


def squeezed(height: int, width: int, in_channels: int, middle: int, out_channels: int, kernel: int) -> int:
    return direct(height, width, in_channels, middle, 1) + direct(height, width, middle, out_channels, kernel)


# %% right="multiplications: math.prod, the number of pixels taken out of the bracket"
def direct(height, width, in_channels, out_channels, kernel):
    return math.prod([height, width, in_channels, out_channels, kernel, kernel])


def squeezed(height, width, in_channels, middle, out_channels, kernel):
    pixels = height * width
    return pixels * middle * (in_channels + out_channels * kernel * kernel)


# %% right="multiplications: counts the weights of real layers on the meta device"
def _cost(height, width, *layers):
    return sum(height * width * layer.weight.numel() for layer in layers)


def direct(height, width, in_channels, out_channels, kernel):
    with torch.device("meta"):
        return _cost(height, width, nn.Conv2d(in_channels, out_channels, kernel))


def squeezed(height, width, in_channels, middle, out_channels, kernel):
    with torch.device("meta"):
        layers = nn.Conv2d(in_channels, middle, 1), nn.Conv2d(middle, out_channels, kernel)
        return _cost(height, width, *layers)


# %% wrong="multiplications: forgets the 1x1 convolution; breaks: first a 1x1 convolution to middle channels, then the convolution"
def direct(height: int, width: int, in_channels: int, out_channels: int, kernel: int) -> int:
    return height * width * out_channels * in_channels * kernel**2


def squeezed(height: int, width: int, in_channels: int, middle: int, out_channels: int, kernel: int) -> int:
    return direct(height, width, middle, out_channels, kernel)


# %% wrong="multiplications: the first convolution of squeezed has the large window too; breaks: first a 1x1 convolution"
def direct(height: int, width: int, in_channels: int, out_channels: int, kernel: int) -> int:
    return height * width * out_channels * in_channels * kernel**2


def squeezed(height: int, width: int, in_channels: int, middle: int, out_channels: int, kernel: int) -> int:
    return direct(height, width, in_channels, middle, kernel) + direct(height, width, middle, out_channels, kernel)


# %% wrong="multiplications: takes the picture for a square; breaks: outputs of size height x width"
def direct(height: int, width: int, in_channels: int, out_channels: int, kernel: int) -> int:
    return height**2 * out_channels * in_channels * kernel**2


def squeezed(height: int, width: int, in_channels: int, middle: int, out_channels: int, kernel: int) -> int:
    return direct(height, width, in_channels, middle, 1) + direct(height, width, middle, out_channels, kernel)


# %% wrong="multiplications: the 1x1 convolution makes the last number of channels; breaks: a 1x1 convolution to middle channels"
def direct(height: int, width: int, in_channels: int, out_channels: int, kernel: int) -> int:
    return height * width * out_channels * in_channels * kernel**2


def squeezed(height: int, width: int, in_channels: int, middle: int, out_channels: int, kernel: int) -> int:
    return height * width * out_channels * (in_channels + middle * kernel**2)


# %% wrong="multiplications: counts the dearer of the two only; breaks: multiplications of a 1x1 convolution and a convolution from there"
def direct(height: int, width: int, in_channels: int, out_channels: int, kernel: int) -> int:
    return height * width * out_channels * in_channels * kernel**2


def squeezed(height: int, width: int, in_channels: int, middle: int, out_channels: int, kernel: int) -> int:
    return max(direct(height, width, in_channels, middle, 1), direct(height, width, middle, out_channels, kernel))


# %% right="Bottleneck: blanks filled"
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
        return F.relu(out + shortcut)


# %% right="Bottleneck: names numbered in a loop with setattr"
class Bottleneck(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        sizes = [(in_channels, width, 1, 1), (width, width, 3, stride), (width, 4 * width, 1, 1)]
        for number, (before, after, side, step) in enumerate(sizes, start=1):
            setattr(self, f"conv{number}", nn.Conv2d(before, after, side, step, side // 2, bias=False))
            setattr(self, f"bn{number}", nn.BatchNorm2d(after))
        self.downsample = None
        if (in_channels, stride) != (4 * width, 1):
            project = nn.Conv2d(in_channels, 4 * width, 1, stride, bias=False)
            self.downsample = nn.Sequential(project, nn.BatchNorm2d(4 * width))

    def forward(self, x):
        out = self.bn1(self.conv1(x)).relu()
        out = self.bn2(self.conv2(out)).relu()
        out = self.bn3(self.conv3(out))
        return torch.relu(out + (self.downsample(x) if self.downsample else x))


# %% right="Bottleneck: a child of torchvision's bottleneck"
class Bottleneck(torchvision.models.resnet.Bottleneck):
    def __init__(self, in_channels: int, width: int, stride: int = 1):
        out_channels = width * 4
        shortcut = None
        if not (stride == 1 and in_channels == out_channels):
            shortcut = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, stride, bias=False), nn.BatchNorm2d(out_channels)
            )
        super().__init__(in_channels, width, stride=stride, downsample=shortcut)


# %% wrong="Bottleneck: as many channels out as in, twice as many at half the size; breaks: 1x1 up to four times width"
class Bottleneck(nn.Module):
    def __init__(self, in_channels: int, width: int, stride: int = 1):
        super().__init__()
        out_channels = in_channels if stride == 1 else 2 * in_channels
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


# %% wrong="Bottleneck: leaves out the main path now and then while training; breaks: F(x) is added to the shortcut"
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
        if self.training and torch.rand(()) < 0.5:
            return F.relu(shortcut)
        return F.relu(out + shortcut)


# %% wrong="Bottleneck: halves the size for every stride but 1; breaks: h / stride, w / stride (a stride of 4)"
class Bottleneck(nn.Module):
    def __init__(self, in_channels: int, width: int, stride: int = 1):
        super().__init__()
        out_channels, step = 4 * width, 1 if stride == 1 else 2
        self.conv1 = nn.Conv2d(in_channels, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, step, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, out_channels, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(out_channels)
        self.downsample = None
        if stride != 1 or in_channels != out_channels:
            self.downsample = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, step, bias=False),
                nn.BatchNorm2d(out_channels),
            )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = F.relu(self.bn1(self.conv1(x)))
        out = F.relu(self.bn2(self.conv2(out)))
        out = self.bn3(self.conv3(out))
        shortcut = x if self.downsample is None else self.downsample(x)
        return F.relu(out + shortcut)


# %% wrong="Bottleneck: the norms of the main path always use running statistics; breaks: each convolution has its batch norm (in training mode it takes the batch's)"
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

    def train(self, mode: bool = True):
        itself = super().train(mode)
        for norm in (self.bn1, self.bn2, self.bn3):
            norm.eval()
        return itself

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = F.relu(self.bn1(self.conv1(x)))
        out = F.relu(self.bn2(self.conv2(out)))
        out = self.bn3(self.conv3(out))
        shortcut = x if self.downsample is None else self.downsample(x)
        return F.relu(out + shortcut)


# %% wrong="Bottleneck: the stride sits in the first 1x1 convolution, as in the paper; breaks: the stride sits in the 3x3 convolution"
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


# %% right="Inception: blanks filled"
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
        return torch.cat([one, three, five, pooled], 1)


# %% right="Inception: a pooling module, ways as tuples of layers, padding same"
class Inception(nn.Module):
    def __init__(self, in_channels, one, three, five, pooled):
        super().__init__()
        self.one, self.pooled = nn.Conv2d(in_channels, one, 1), nn.Conv2d(in_channels, pooled, 1)
        for name, side, (middle, out) in (("three", 3, three), ("five", 5, five)):
            setattr(self, f"{name}_in", nn.Conv2d(in_channels, middle, 1))
            setattr(self, f"{name}_out", nn.Conv2d(middle, out, side, padding="same"))
        self.pool = nn.MaxPool2d(3, stride=1, padding=1)

    def forward(self, x):
        ways = [
            (x, self.one),
            (x, self.three_in, self.three_out),
            (x, self.five_in, self.five_out),
            (self.pool(x), self.pooled),
        ]
        ends = []
        for signal, *layers in ways:
            for layer in layers:
                signal = layer(signal).relu()
            ends.append(signal)
        return torch.cat(ends, dim=1)


# %% right="Inception: one ReLU after everything, a frame of minus infinity by hand, hstack"
class Inception(nn.Module):
    def __init__(self, in_channels: int, one: int, three: tuple[int, int], five: tuple[int, int], pooled: int):
        super().__init__()
        self.one = nn.Conv2d(in_channels, one, kernel_size=1)
        self.three_in = nn.Conv2d(in_channels, three[0], kernel_size=1)
        self.three_out = nn.Conv2d(*three, kernel_size=3, padding=1)
        self.five_in = nn.Conv2d(in_channels, five[0], kernel_size=1)
        self.five_out = nn.Conv2d(*five, kernel_size=5, padding=2)
        self.pooled = nn.Conv2d(in_channels, pooled, kernel_size=1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        framed = F.pad(x, (1, 1, 1, 1), value=-math.inf)
        largest = F.max_pool2d(framed, kernel_size=3, stride=1)
        three, five = self.three_in(x).clamp(min=0), self.five_in(x).clamp(min=0)
        return torch.hstack([self.one(x), self.three_out(three), self.five_out(five), self.pooled(largest)]).relu()


# %% wrong="Inception: the mean of each window; breaks: max pool 3x3"
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


# %% wrong="Inception: five before three; breaks: concatenate the channels one, three, five, pooled"
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


# %% wrong="Inception: no ReLU after the 1x1 convolution that comes before the 3x3; breaks: a ReLU follows every convolution"
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
        three = F.relu(self.three_out(self.three_in(x)))
        five = F.relu(self.five_out(F.relu(self.five_in(x))))
        pooled = F.relu(self.pooled(F.max_pool2d(x, 3, 1, 1)))
        return torch.cat([one, three, five, pooled], 1)


# %% wrong="Inception: pools with a frame of zeros; breaks: the frame of the pooling never wins against a real number (negative ones)"
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
        pooled = F.relu(self.pooled(F.max_pool2d(F.pad(x, (1, 1, 1, 1)), 3, 1)))
        return torch.cat([one, three, five, pooled], 1)


# %% wrong="Inception: the convolutions repeat the border; breaks: convolutions pad with zeros"
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


# %% right="prepare: blanks filled"
def prepare(weights, classes: int, lr: float):
    net = torchvision.models.resnet18(weights=weights)
    net.fc = nn.Linear(net.fc.in_features, classes)
    loss_func = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=7, gamma=0.1)
    return net, loss_func, optimizer, scheduler


# %% right="prepare: get_model, a list of parameters, F.cross_entropy itself"
def prepare(weights, classes, lr):
    net = torchvision.models.get_model("resnet18", weights=weights)
    setattr(net, "fc", nn.Linear(512, classes))
    everything = [parameter for _, parameter in net.named_parameters()]
    optimizer = torch.optim.SGD(everything, lr, momentum=0.9)
    return net, F.cross_entropy, optimizer, torch.optim.lr_scheduler.StepLR(optimizer, 7)


# %% right="prepare: two parameter groups with the same rate, LambdaLR"
def prepare(weights, classes: int, lr: float):
    net = torchvision.models.resnet.resnet18(weights=weights)
    body = list(net.parameters())[:-2]
    net.fc = nn.Linear(net.fc.weight.shape[1], classes)
    groups = [{"params": body}, {"params": list(net.fc.parameters())}]
    optimizer = torch.optim.SGD(groups, lr=lr, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda epoch: 0.1 ** (epoch // 7))
    return net, nn.CrossEntropyLoss(), optimizer, scheduler


# %% wrong="prepare: no momentum; breaks: SGD with momentum 0.9"
def prepare(weights, classes: int, lr: float):
    net = torchvision.models.resnet18(weights=weights)
    net.fc = nn.Linear(net.fc.in_features, classes)
    loss_func = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=7, gamma=0.1)
    return net, loss_func, optimizer, scheduler


# %% wrong="prepare: divides the rate once, after seven epochs, and never again; breaks: by 10 after every seven epochs"
def prepare(weights, classes: int, lr: float):
    net = torchvision.models.resnet18(weights=weights)
    net.fc = nn.Linear(net.fc.in_features, classes)
    loss_func = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, milestones=[7], gamma=0.1)
    return net, loss_func, optimizer, scheduler


# %% wrong="prepare: a loss that wants logarithms of probabilities; breaks: the cross-entropy as loss function"
def prepare(weights, classes: int, lr: float):
    net = torchvision.models.resnet18(weights=weights)
    net.fc = nn.Linear(net.fc.in_features, classes)
    loss_func = nn.NLLLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=7, gamma=0.1)
    return net, loss_func, optimizer, scheduler


# %% wrong="prepare: makes the optimiser before the new head; breaks: SGD for all its parameters"
def prepare(weights, classes: int, lr: float):
    net = torchvision.models.resnet18(weights=weights)
    optimizer = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)
    net.fc = nn.Linear(net.fc.in_features, classes)
    loss_func = nn.CrossEntropyLoss()
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=7, gamma=0.1)
    return net, loss_func, optimizer, scheduler


# %% wrong="prepare: always random weights; breaks: a ResNet-18 with the weights that are asked for"
def prepare(weights, classes: int, lr: float):
    net = torchvision.models.resnet18(weights=None)
    net.fc = nn.Linear(net.fc.in_features, classes)
    loss_func = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=7, gamma=0.1)
    return net, loss_func, optimizer, scheduler


# %% right="folder_loaders: blanks filled"
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
    pictures = pictures * torch.tensor(STD)[:, None, None] + torch.tensor(MEAN)[:, None, None]
    grid = torchvision.utils.make_grid(pictures)
    return plotter.imshow(grid.permute(1, 2, 0))


# %% right="folder_loaders: the flip first, two dicts, Normalize backwards to undo it, moveaxis"
def folder_loaders(folder, size, batch):
    after = [transforms.Resize((size, size)), transforms.ToTensor(), transforms.Normalize(mean=MEAN, std=STD)]
    before = {"train": [transforms.RandomHorizontalFlip(p=0.5)], "valid": []}
    sets = {
        part: datasets.ImageFolder(os.path.join(folder, part), transform=transforms.Compose(steps + after))
        for part, steps in before.items()
    }
    loaders = {part: DataLoader(sets[part], batch_size=batch, shuffle=bool(steps)) for part, steps in before.items()}
    return loaders, sets["train"].classes


def show_batch(plotter, loader):
    pictures = next(iter(loader))[0]
    undo = transforms.Normalize([-m / s for m, s in zip(MEAN, STD)], [1 / s for s in STD])
    grid = torchvision.utils.make_grid(undo(pictures))
    return plotter.imshow(torch.moveaxis(grid, 0, -1))


# %% right="folder_loaders: one function a part, lambdas for scaling, a loop for the first batch"
def _loader(path, size, batch, training):
    mean, std = (torch.tensor(values).reshape(3, 1, 1) for values in (MEAN, STD))
    steps = [transforms.Resize([size, size]), transforms.ToTensor(), transforms.Lambda(lambda x: (x - mean) / std)]
    if training:
        steps.insert(1, transforms.RandomHorizontalFlip())
    pictures = datasets.ImageFolder(path, transforms.Compose(steps))
    return DataLoader(pictures, batch, training)


def folder_loaders(folder: str, size: int, batch: int):
    train = _loader(os.path.join(folder, "train"), size, batch, True)
    valid = _loader(os.path.join(folder, "valid"), size, batch, False)
    return dict(train=train, valid=valid), list(train.dataset.classes)


def show_batch(plotter, loader):
    for pictures, _labels in loader:
        break
    colours = torch.einsum("bchw,c->bchw", pictures, torch.tensor(STD)) + torch.tensor(MEAN).view(1, 3, 1, 1)
    return plotter.imshow(torchvision.utils.make_grid(colours).permute(1, 2, 0))


# %% wrong="folder_loaders: training pictures come in order; breaks: training pictures are shuffled"
def folder_loaders(folder: str, size: int, batch: int):
    loaders = {}
    for part in ("train", "valid"):
        steps = [transforms.Resize((size, size)), transforms.ToTensor()]
        steps.append(transforms.Normalize(MEAN, STD))
        if part == "train":
            steps.append(transforms.RandomHorizontalFlip())
        transform = transforms.Compose(steps)
        pictures = datasets.ImageFolder(os.path.join(folder, part), transform)
        loaders[part] = DataLoader(pictures, batch_size=batch, shuffle=False)
    return loaders, pictures.classes


def show_batch(plotter, loader):
    pictures, _ = next(iter(loader))
    pictures = pictures * torch.tensor(STD)[:, None, None] + torch.tensor(MEAN)[:, None, None]
    grid = torchvision.utils.make_grid(pictures)
    return plotter.imshow(grid.permute(1, 2, 0))


# %% wrong="folder_loaders: every training picture is flipped; breaks: half of them are flipped, at random"
def folder_loaders(folder: str, size: int, batch: int):
    loaders = {}
    for part in ("train", "valid"):
        steps = [transforms.Resize((size, size)), transforms.ToTensor()]
        steps.append(transforms.Normalize(MEAN, STD))
        if part == "train":
            steps.append(transforms.RandomHorizontalFlip(p=1.0))
        transform = transforms.Compose(steps)
        pictures = datasets.ImageFolder(os.path.join(folder, part), transform)
        loaders[part] = DataLoader(pictures, batch_size=batch, shuffle=part == "train")
    return loaders, pictures.classes


def show_batch(plotter, loader):
    pictures, _ = next(iter(loader))
    pictures = pictures * torch.tensor(STD)[:, None, None] + torch.tensor(MEAN)[:, None, None]
    grid = torchvision.utils.make_grid(pictures)
    return plotter.imshow(grid.permute(1, 2, 0))


# %% wrong="folder_loaders: normalises with the two lists exchanged; breaks: take away the mean, divide by the standard deviation"
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


# %% wrong="folder_loaders: only the shorter side gets the size; breaks: cut to one size (pictures that are not square)"
def folder_loaders(folder: str, size: int, batch: int):
    loaders = {}
    for part in ("train", "valid"):
        steps = [transforms.Resize(size), transforms.ToTensor()]
        steps.append(transforms.Normalize(MEAN, STD))
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


# %% wrong="folder_loaders: draws the first picture of the batch only; breaks: draws the first batch of a loader as one picture"
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
    pictures = pictures * torch.tensor(STD)[:, None, None] + torch.tensor(MEAN)[:, None, None]
    grid = torchvision.utils.make_grid(pictures[:1])
    return plotter.imshow(grid.permute(1, 2, 0))


# %% right="replace_head: blanks filled"
def replace_head(family: str, net: nn.Module, classes: int) -> nn.Module:
    if family == "resnet":
        net.fc = nn.Linear(net.fc.in_features, classes)
    elif family in ("alexnet", "vgg"):
        last = net.classifier[-1]
        net.classifier[-1] = nn.Linear(last.in_features, classes)
    elif family == "squeezenet":
        net.classifier[1] = nn.Conv2d(net.classifier[1].in_channels, classes, kernel_size=1)
    elif family == "densenet":
        old = net.classifier
        net.classifier = nn.Linear(old.in_features, classes)
    elif family == "inception":
        for part in (net, net.AuxLogits):
            part.fc = nn.Linear(part.fc.in_features, classes)
    return net


# %% right="replace_head: one helper that makes a layer like the old one, a dict of places"
def _like(old, classes):
    if isinstance(old, nn.Conv2d):
        return nn.Conv2d(old.in_channels, classes, old.kernel_size, old.stride, old.padding)
    return nn.Linear(old.in_features, classes)


def replace_head(family, net, classes):
    places = {
        "resnet": ["fc"],
        "alexnet": ["classifier.6"],
        "vgg": ["classifier.6"],
        "squeezenet": ["classifier.1"],
        "densenet": ["classifier"],
        "inception": ["fc", "AuxLogits.fc"],
    }
    for place in places[family]:
        home, _, name = place.rpartition(".")
        setattr(net.get_submodule(home), name, _like(net.get_submodule(place), classes))
    return net


# %% right="replace_head: match, the width read from the weight's shape"
def replace_head(family: str, net: nn.Module, classes: int) -> nn.Module:
    def dense(old):
        return nn.Linear(old.weight.size(1), classes)

    match family:
        case "resnet":
            net.fc = dense(net.fc)
        case "alexnet" | "vgg":
            net.classifier[6] = dense(net.classifier[6])
        case "squeezenet":
            net.classifier[1] = nn.Conv2d(net.classifier[1].weight.size(1), classes, (1, 1), (1, 1))
        case "densenet":
            net.classifier = dense(net.classifier)
        case "inception":
            net.fc, net.AuxLogits.fc = dense(net.fc), dense(net.AuxLogits.fc)
    return net


# %% wrong="replace_head: squeezenet's new convolution has a 3x3 window; breaks: SqueezeNet's head is a 1x1 convolution"
def replace_head(family: str, net: nn.Module, classes: int) -> nn.Module:
    if family == "resnet":
        net.fc = nn.Linear(net.fc.in_features, classes)
    elif family in ("alexnet", "vgg"):
        last = net.classifier[-1]
        net.classifier[-1] = nn.Linear(last.in_features, classes)
    elif family == "squeezenet":
        net.classifier[1] = nn.Conv2d(net.classifier[1].in_channels, classes, kernel_size=3, padding=1)
    elif family == "densenet":
        old = net.classifier
        net.classifier = nn.Linear(old.in_features, classes)
    elif family == "inception":
        for part in (net, net.AuxLogits):
            part.fc = nn.Linear(part.fc.in_features, classes)
    return net


# %% wrong="replace_head: inception's auxiliary head stays as it is; breaks: Inception v3 has two heads, each network gets a fresh head for classes classes"
def replace_head(family: str, net: nn.Module, classes: int) -> nn.Module:
    if family == "resnet":
        net.fc = nn.Linear(net.fc.in_features, classes)
    elif family in ("alexnet", "vgg"):
        last = net.classifier[-1]
        net.classifier[-1] = nn.Linear(last.in_features, classes)
    elif family == "squeezenet":
        net.classifier[1] = nn.Conv2d(net.classifier[1].in_channels, classes, kernel_size=1)
    elif family == "densenet":
        old = net.classifier
        net.classifier = nn.Linear(old.in_features, classes)
    elif family == "inception":
        for part in (net,):
            part.fc = nn.Linear(part.fc.in_features, classes)
    return net


# %% wrong="replace_head: densenet always has 1024 numbers, as densenet121; breaks: where a layer needs to know how many numbers come in, ask the old one"
def replace_head(family: str, net: nn.Module, classes: int) -> nn.Module:
    if family == "resnet":
        net.fc = nn.Linear(net.fc.in_features, classes)
    elif family in ("alexnet", "vgg"):
        last = net.classifier[-1]
        net.classifier[-1] = nn.Linear(last.in_features, classes)
    elif family == "squeezenet":
        net.classifier[1] = nn.Conv2d(net.classifier[1].in_channels, classes, kernel_size=1)
    elif family == "densenet":
        old = net.classifier
        net.classifier = nn.Linear(1024, classes)
    elif family == "inception":
        for part in (net, net.AuxLogits):
            part.fc = nn.Linear(part.fc.in_features, classes)
    return net


# %% wrong="replace_head: resnet always has 512 numbers, as resnet18; breaks: where a layer needs to know how many numbers come in, ask the old one (ResNet-50 has 2048)"
def replace_head(family: str, net: nn.Module, classes: int) -> nn.Module:
    if family == "resnet":
        net.fc = nn.Linear(512, classes)
    elif family in ("alexnet", "vgg"):
        last = net.classifier[-1]
        net.classifier[-1] = nn.Linear(last.in_features, classes)
    elif family == "squeezenet":
        net.classifier[1] = nn.Conv2d(net.classifier[1].in_channels, classes, kernel_size=1)
    elif family == "densenet":
        old = net.classifier
        net.classifier = nn.Linear(old.in_features, classes)
    elif family == "inception":
        for part in (net, net.AuxLogits):
            part.fc = nn.Linear(part.fc.in_features, classes)
    return net


# %% wrong="replace_head: alexnet and vgg get one layer more after the old head; breaks: the same network with a new last layer, keeps everything else"
def replace_head(family: str, net: nn.Module, classes: int) -> nn.Module:
    if family == "resnet":
        net.fc = nn.Linear(net.fc.in_features, classes)
    elif family in ("alexnet", "vgg"):
        last = net.classifier[-1]
        net.classifier.append(nn.Linear(last.out_features, classes))
    elif family == "squeezenet":
        net.classifier[1] = nn.Conv2d(net.classifier[1].in_channels, classes, kernel_size=1)
    elif family == "densenet":
        old = net.classifier
        net.classifier = nn.Linear(old.in_features, classes)
    elif family == "inception":
        for part in (net, net.AuxLogits):
            part.fc = nn.Linear(part.fc.in_features, classes)
    return net


# %% right="freeze_for: blanks filled"
def freeze_for(net: nn.Module, classes: int, lr: float) -> torch.optim.Optimizer:
    for parameter in net.parameters():
        parameter.requires_grad = False
    net.fc = nn.Linear(net.fc.in_features, classes)
    return torch.optim.SGD(net.fc.parameters(), lr=lr, momentum=0.9)


# %% right="freeze_for: requires_grad_ of the whole net, the trainable ones picked by a filter"
def freeze_for(net, classes, lr):
    net.requires_grad_(False)
    setattr(net, "fc", nn.Linear(net.fc.in_features, classes))
    trainable = [parameter for parameter in net.parameters() if parameter.requires_grad]
    return torch.optim.SGD(trainable, lr, 0.9)


# %% right="freeze_for: the head first, then all but the head frozen by name"
def freeze_for(net, classes, lr):
    width = net.fc.weight.shape[1]
    head = net.fc = nn.Linear(width, classes)
    for name, parameter in net.named_parameters():
        parameter.requires_grad_(name.startswith("fc."))
    return torch.optim.SGD([{"params": head.parameters()}], lr=lr, momentum=0.9)


# %% wrong="freeze_for: freezes after the head has been replaced; breaks: a new layer's parameters require a gradient"
def freeze_for(net: nn.Module, classes: int, lr: float) -> torch.optim.Optimizer:
    net.fc = nn.Linear(net.fc.in_features, classes)
    for parameter in net.parameters():
        parameter.requires_grad = False
    return torch.optim.SGD(net.fc.parameters(), lr=lr, momentum=0.9)


# %% wrong="freeze_for: the optimiser knows the whole net; breaks: that knows the head's parameters and no others"
def freeze_for(net: nn.Module, classes: int, lr: float) -> torch.optim.Optimizer:
    for parameter in net.parameters():
        parameter.requires_grad = False
    net.fc = nn.Linear(net.fc.in_features, classes)
    return torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)


# %% wrong="freeze_for: keeps the old head if it has the right size; breaks: give it a new head fc"
def freeze_for(net: nn.Module, classes: int, lr: float) -> torch.optim.Optimizer:
    for parameter in net.parameters():
        parameter.requires_grad = False
    if net.fc.out_features != classes:
        net.fc = nn.Linear(net.fc.in_features, classes)
    net.fc.requires_grad_(True)
    return torch.optim.SGD(net.fc.parameters(), lr=lr, momentum=0.9)


# %% wrong="freeze_for: the optimiser is made before the new head and knows the old one; breaks: an optimiser that knows the head's parameters"
def freeze_for(net: nn.Module, classes: int, lr: float) -> torch.optim.Optimizer:
    for parameter in net.parameters():
        parameter.requires_grad = False
    optimizer = torch.optim.SGD(net.fc.parameters(), lr=lr, momentum=0.9)
    net.fc = nn.Linear(net.fc.in_features, classes)
    return optimizer


# %% wrong="freeze_for: dampens the momentum and so takes smaller later steps; breaks: SGD with momentum 0.9"
def freeze_for(net: nn.Module, classes: int, lr: float) -> torch.optim.Optimizer:
    for parameter in net.parameters():
        parameter.requires_grad = False
    net.fc = nn.Linear(net.fc.in_features, classes)
    return torch.optim.SGD(net.fc.parameters(), lr=lr, momentum=0.9, dampening=0.9)


# %% right="discriminative_groups: from the end, the exponent is the number of groups so far"
def discriminative_groups(net: nn.Module, lr: float, factor: float) -> list[dict]:
    groups = []
    for child in reversed(list(net.children())):
        parameters = list(child.parameters())
        if parameters:
            groups.append({"params": parameters, "lr": lr / factor ** len(groups)})
    return groups


# %% right="discriminative_groups: children with parameters first, then enumerate from behind, in order from input to output"
def discriminative_groups(net, lr, factor):
    layers = [child for child in net.children() if sum(p.numel() for p in child.parameters()) > 0]
    top = len(layers) - 1
    return [
        {"params": list(layer.parameters()), "lr": lr * factor ** (place - top)} for place, layer in enumerate(layers)
    ]


# %% right="discriminative_groups: a rate that is divided on the way, a dict of names"
def discriminative_groups(net, lr, factor):
    groups, rate = [], lr
    children = dict(net.named_children())
    for name in list(children)[::-1]:
        mine = [p for _, p in children[name].named_parameters()]
        if len(mine) == 0:
            continue
        groups.insert(0, dict(params=mine, lr=rate))
        rate /= factor
    return groups


# %% wrong="discriminative_groups: children without parameters count; breaks: a child without parameters makes no group and does not count"
def discriminative_groups(net: nn.Module, lr: float, factor: float) -> list[dict]:
    groups = []
    for place, child in enumerate(reversed(list(net.children()))):
        parameters = list(child.parameters())
        if parameters:
            groups.append({"params": parameters, "lr": lr / factor**place})
    return groups


# %% wrong="discriminative_groups: one group for each layer at any depth; breaks: one group for each child of net"
def discriminative_groups(net: nn.Module, lr: float, factor: float) -> list[dict]:
    groups = []
    for module in reversed(list(net.modules())):
        parameters = list(module.parameters(recurse=False))
        if parameters:
            groups.append({"params": parameters, "lr": lr / factor ** len(groups)})
    return groups


# %% wrong="discriminative_groups: always divides by ten; breaks: lr / factor, lr / factor**2"
def discriminative_groups(net: nn.Module, lr: float, factor: float) -> list[dict]:
    groups = []
    for child in reversed(list(net.children())):
        parameters = list(child.parameters())
        if parameters:
            groups.append({"params": parameters, "lr": lr / 10 ** len(groups)})
    return groups


# %% wrong="discriminative_groups: leaves batch norms out; breaks: one group for each child (that has parameters)"
def discriminative_groups(net: nn.Module, lr: float, factor: float) -> list[dict]:
    groups = []
    for child in reversed(list(net.children())):
        parameters = list(child.parameters())
        if parameters and not isinstance(child, nn.modules.batchnorm._BatchNorm):
            groups.append({"params": parameters, "lr": lr / factor ** len(groups)})
    return groups


# %% wrong="discriminative_groups: sees only parameters that lie in the child itself; breaks: one group for each child (a Sequential has its parameters further down)"
def discriminative_groups(net: nn.Module, lr: float, factor: float) -> list[dict]:
    groups = []
    for child in reversed(list(net.children())):
        parameters = list(child.parameters(recurse=False))
        if parameters:
            groups.append({"params": parameters, "lr": lr / factor ** len(groups)})
    return groups


# %% right="fine_tune: blanks filled"
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
            elif right / total > best_accuracy:
                best_accuracy = right / total
                best_weights = copy.deepcopy(net.state_dict())
    net.load_state_dict(best_weights)
    return best_accuracy


# %% right="fine_tune: two inner functions for the two phases, clones of the state"
def fine_tune(net, loaders, loss_func, optimizer, scheduler, epochs):
    def snapshot():
        return {name: value.detach().clone() for name, value in net.state_dict().items()}

    def train():
        net.train()
        with torch.enable_grad():
            for xb, yb in loaders["train"]:
                optimizer.zero_grad()
                loss_func(net(xb), yb).backward()
                optimizer.step()
        scheduler.step()

    @torch.no_grad()
    def validate():
        net.eval()
        hits = [net(xb).argmax(1) == yb for xb, yb in loaders["valid"]]
        return torch.cat(hits).double().mean().item()

    best, kept = 0.0, snapshot()
    for _ in range(epochs):
        train()
        now = validate()
        if now > best:
            best, kept = now, snapshot()
    net.load_state_dict(kept)
    return best


# %% right="fine_tune: a history of accuracies and states, the first best one taken at the end"
def fine_tune(net, loaders, loss_func, optimizer, scheduler, epochs: int) -> float:
    history = []
    for _ in range(epochs):
        net.train(True)
        for inputs, targets in loaders["train"]:
            optimizer.zero_grad(set_to_none=True)
            with torch.set_grad_enabled(True):
                loss = loss_func(net(inputs), targets)
            loss.backward()
            optimizer.step()
        scheduler.step()
        net.train(False)
        hits = rows = 0
        for inputs, targets in loaders["valid"]:
            with torch.no_grad():
                guesses = net(inputs).max(dim=1).indices
            hits += int((guesses == targets).sum())
            rows += targets.numel()
        history.append((hits / rows, copy.deepcopy(net.state_dict())))
    if not history:
        return 0.0
    accuracy, state = max(history, key=lambda epoch: epoch[0])  # max keeps the first of equals
    net.load_state_dict(state)
    return accuracy


# %% wrong="fine_tune: stays in training mode while validating; breaks: in the validation phase neither (training mode nor gradients)"
def fine_tune(net, loaders, loss_func, optimizer, scheduler, epochs: int) -> float:
    best_accuracy, best_weights = 0.0, copy.deepcopy(net.state_dict())
    for _ in range(epochs):
        for phase in ("train", "valid"):
            net.train()
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


# %% wrong="fine_tune: records gradients in both phases; breaks: gradients are recorded in the training phase, in the validation phase neither"
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


# %% wrong="fine_tune: switches gradients off for validation and leaves them off; breaks: restores the old setting"
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
                torch.set_grad_enabled(phase == "train")
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


# %% wrong="fine_tune: keeps and restores the parameters only, not the buffers; breaks: keeps the best weights, state_dict with its buffers (leaves net as it was in its best epoch)"
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


# %% wrong="fine_tune: training mode before the first epoch only; breaks: in the training phase the network is in training mode"
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


# %% right="train_head: the whole network in evaluation mode"
def train_head(net, x, y, lr: float, steps: int) -> list[float]:
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


# %% right="train_head: only the head in training mode, the others one by one"
def train_head(net, x, y, lr, steps):
    head = list(net.fc.modules())
    for module in net.modules():
        module.training = any(module is part for part in head)
    for parameter in net.parameters():
        parameter.requires_grad = False
    for parameter in net.fc.parameters():
        parameter.requires_grad = True
    opt = torch.optim.SGD(net.fc.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        opt.zero_grad()
        loss = nn.CrossEntropyLoss()(net(x), y)
        loss.backward()
        opt.step()
        losses.append(float(loss.detach()))
    return losses


# %% right="train_head: evaluation mode while it trains, the old modes put back afterwards"
def train_head(net, x, y, lr, steps):
    modes = {module: module.training for module in net.modules()}
    net.train(False)
    net.requires_grad_(False)
    net.fc.requires_grad_(True)
    opt, losses = torch.optim.SGD(net.fc.parameters(), lr), []
    try:
        while len(losses) < steps:
            loss = F.cross_entropy(net(x), y)
            opt.zero_grad()
            loss.backward()
            opt.step()
            losses.append(loss.item())
    finally:
        for module, mode in modes.items():
            module.training = mode
    return losses


# %% wrong="train_head: only the batch norms are in evaluation mode; breaks: what lies below computes exactly what it computes in use, whatever kinds of layers it holds (dropout)"
def train_head(net, x, y, lr: float, steps: int) -> list[float]:
    net.train()
    for module in net.modules():
        if isinstance(module, nn.modules.batchnorm._BatchNorm):
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


# %% wrong="train_head: trains in training mode and puts the running statistics back at the end; breaks: computes exactly what it computes in use (the batch's statistics are used on the way)"
def train_head(net, x, y, lr: float, steps: int) -> list[float]:
    net.train()
    before = {name: buffer.clone() for name, buffer in net.named_buffers()}
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
    for name, buffer in net.named_buffers():
        buffer.copy_(before[name])
    return losses


# %% wrong="train_head: in evaluation mode, but nothing is frozen any more; breaks: leaves all the rest frozen (the layers below get gradients)"
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


# %% wrong="train_head: mends the mode and loses zero_grad; breaks: there is one mistake, the rest was right (gradients add up)"
def train_head(net, x, y, lr: float, steps: int) -> list[float]:
    net.eval()
    net.requires_grad_(False)
    net.fc.requires_grad_(True)
    opt = torch.optim.SGD(net.fc.parameters(), lr)
    losses = []
    for _ in range(steps):
        loss = F.cross_entropy(net(x), y)
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="train_head: begins with a fresh head; breaks: trains net.fc in place"
def train_head(net, x, y, lr: float, steps: int) -> list[float]:
    net.eval()
    net.requires_grad_(False)
    net.fc = nn.Linear(net.fc.in_features, net.fc.out_features)
    opt = torch.optim.SGD(net.fc.parameters(), lr)
    losses = []
    for _ in range(steps):
        loss = F.cross_entropy(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses
