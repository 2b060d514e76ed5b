# Answers to the exercises of 3_families.py, right and wrong: what `course audit` grades. No student sees them.

# %% right="multiplications: one by the other"
def direct(height, width, in_channels, out_channels, kernel):
    outputs = height * width * out_channels
    return outputs * (in_channels * kernel * kernel)


def squeezed(height, width, in_channels, middle, out_channels, kernel):
    return direct(height, width, in_channels, middle, 1) + direct(height, width, middle, out_channels, kernel)


# %% right="multiplications: from the weights of real layers"
def direct(height, width, in_channels, out_channels, kernel):
    return nn.Conv2d(in_channels, out_channels, kernel, bias=False).weight.numel() * height * width


def squeezed(height, width, in_channels, middle, out_channels, kernel):
    first, second = nn.Conv2d(in_channels, middle, 1), nn.Conv2d(middle, out_channels, kernel)
    return height * width * (first.weight.numel() + second.weight.numel())


# %% wrong="multiplications: the side of the window, not its area"
def direct(height, width, in_channels, out_channels, kernel):
    return height * width * out_channels * in_channels * kernel


def squeezed(height, width, in_channels, middle, out_channels, kernel):
    return height * width * middle * (in_channels + out_channels * kernel)


# %% wrong="multiplications: the weights alone"
def direct(height, width, in_channels, out_channels, kernel):
    return out_channels * in_channels * kernel**2


def squeezed(height, width, in_channels, middle, out_channels, kernel):
    return middle * (in_channels + out_channels * kernel**2)


# %% wrong="multiplications: forgets the small layer"
def direct(height, width, in_channels, out_channels, kernel):
    return height * width * out_channels * in_channels * kernel**2


def squeezed(height, width, in_channels, middle, out_channels, kernel):
    return height * width * middle * out_channels * kernel**2


# %% wrong="multiplications: the second layer sees all channels"
def direct(height, width, in_channels, out_channels, kernel):
    return height * width * out_channels * in_channels * kernel**2


def squeezed(height, width, in_channels, middle, out_channels, kernel):
    return height * width * in_channels * (middle + out_channels * kernel**2)


# %% wrong="multiplications: adds the channels"
def direct(height, width, in_channels, out_channels, kernel):
    return height * width * (out_channels + in_channels) * kernel**2


def squeezed(height, width, in_channels, middle, out_channels, kernel):
    return direct(height, width, in_channels, middle, 1) + direct(height, width, middle, out_channels, kernel)


# %% right="Bottleneck: with an empty Sequential and modules"
class Bottleneck(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(in_channels, width, (1, 1), bias=False), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = nn.Conv2d(width, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width)
        self.conv3, self.bn3 = nn.Conv2d(width, width * 4, 1, bias=False), nn.BatchNorm2d(width * 4)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = nn.Sequential()
        if (in_channels, stride) != (4 * width, 1):
            self.downsample.append(nn.Conv2d(in_channels, 4 * width, 1, stride, bias=False))
            self.downsample.append(nn.BatchNorm2d(4 * width))

    def forward(self, x):
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.relu(self.bn2(self.conv2(out)))
        return self.relu(self.downsample(x) + self.bn3(self.conv3(out)))


# %% right="Bottleneck: torchvision's own order"
class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, width, kernel_size=1, bias=False)
        self.conv2 = nn.Conv2d(width, width, kernel_size=3, stride=stride, padding=1, bias=False)
        self.conv3 = nn.Conv2d(width, width * self.expansion, kernel_size=1, bias=False)
        self.bn1, self.bn2, self.bn3 = (nn.BatchNorm2d(width * factor) for factor in (1, 1, self.expansion))
        self.downsample = None
        if stride > 1 or in_channels != width * self.expansion:
            projection = nn.Conv2d(in_channels, width * self.expansion, kernel_size=1, stride=stride, bias=False)
            self.downsample = nn.Sequential(projection, nn.BatchNorm2d(width * self.expansion))

    def forward(self, x):
        identity = x
        out = self.bn1(self.conv1(x)).relu()
        out = self.bn2(self.conv2(out)).relu()
        out = self.bn3(self.conv3(out))
        if self.downsample is not None:
            identity = self.downsample(x)
        out += identity
        return out.relu()


# %% wrong="Bottleneck: the stride in the first convolution"
class Bottleneck(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        out_channels = 4 * width
        self.conv1, self.bn1 = nn.Conv2d(in_channels, width, 1, stride, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = nn.Conv2d(width, width, 3, padding=1, bias=False), nn.BatchNorm2d(width)
        self.conv3, self.bn3 = nn.Conv2d(width, out_channels, 1, bias=False), nn.BatchNorm2d(out_channels)
        self.downsample = None
        if stride != 1 or in_channels != out_channels:
            projection = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.downsample = nn.Sequential(projection, nn.BatchNorm2d(out_channels))

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn3(self.conv3(F.relu(self.bn2(self.conv2(out)))))
        return F.relu(out + (x if self.downsample is None else self.downsample(x)))


# %% wrong="Bottleneck: does not grow again"
class Bottleneck(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(in_channels, width, 1, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = nn.Conv2d(width, width, 3, stride, padding=1, bias=False), nn.BatchNorm2d(width)
        self.conv3, self.bn3 = nn.Conv2d(width, width, 1, bias=False), nn.BatchNorm2d(width)
        self.downsample = None
        if stride != 1 or in_channels != width:
            projection = nn.Conv2d(in_channels, width, 1, stride, bias=False)
            self.downsample = nn.Sequential(projection, nn.BatchNorm2d(width))

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn3(self.conv3(F.relu(self.bn2(self.conv2(out)))))
        return F.relu(out + (x if self.downsample is None else self.downsample(x)))


# %% wrong="Bottleneck: ReLU before the addition"
class Bottleneck(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        out_channels = 4 * width
        self.conv1, self.bn1 = nn.Conv2d(in_channels, width, 1, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = nn.Conv2d(width, width, 3, stride, padding=1, bias=False), nn.BatchNorm2d(width)
        self.conv3, self.bn3 = nn.Conv2d(width, out_channels, 1, bias=False), nn.BatchNorm2d(out_channels)
        self.downsample = None
        if stride != 1 or in_channels != out_channels:
            projection = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.downsample = nn.Sequential(projection, nn.BatchNorm2d(out_channels))

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = F.relu(self.bn3(self.conv3(F.relu(self.bn2(self.conv2(out))))))
        return F.relu(out + (x if self.downsample is None else self.downsample(x)))


# %% wrong="Bottleneck: no ReLU after the middle"
class Bottleneck(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        out_channels = 4 * width
        self.conv1, self.bn1 = nn.Conv2d(in_channels, width, 1, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = nn.Conv2d(width, width, 3, stride, padding=1, bias=False), nn.BatchNorm2d(width)
        self.conv3, self.bn3 = nn.Conv2d(width, out_channels, 1, bias=False), nn.BatchNorm2d(out_channels)
        self.downsample = None
        if stride != 1 or in_channels != out_channels:
            projection = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.downsample = nn.Sequential(projection, nn.BatchNorm2d(out_channels))

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn3(self.conv3(self.bn2(self.conv2(out))))
        return F.relu(out + (x if self.downsample is None else self.downsample(x)))


# %% wrong="Bottleneck: two norms for three convolutions"
class Bottleneck(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        out_channels = 4 * width
        self.conv1, self.bn1 = nn.Conv2d(in_channels, width, 1, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = nn.Conv2d(width, width, 3, stride, padding=1, bias=False), nn.BatchNorm2d(width)
        self.conv3, self.bn3 = nn.Conv2d(width, out_channels, 1, bias=False), nn.BatchNorm2d(out_channels)
        self.downsample = None
        if stride != 1 or in_channels != out_channels:
            projection = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.downsample = nn.Sequential(projection, nn.BatchNorm2d(out_channels))

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn3(self.conv3(F.relu(self.bn1(self.conv2(out)))))
        return F.relu(out + (x if self.downsample is None else self.downsample(x)))


# %% right="Inception: modules and a loop"
class Inception(nn.Module):
    def __init__(self, in_channels, one, three, five, pooled):
        super().__init__()
        self.one, self.pooled = nn.Conv2d(in_channels, one, 1), nn.Conv2d(in_channels, pooled, 1)
        self.three_in = nn.Conv2d(in_channels, three[0], kernel_size=1)
        self.three_out = nn.Conv2d(*three, kernel_size=3, padding="same")
        self.five_in = nn.Conv2d(in_channels, five[0], kernel_size=1)
        self.five_out = nn.Conv2d(*five, kernel_size=5, padding="same")
        self.pool = nn.MaxPool2d(3, stride=1, padding=1)

    def forward(self, x):
        ways = [self.one(x), self.three_out(self.three_in(x).relu())]
        ways += [self.five_out(self.five_in(x).relu()), self.pooled(self.pool(x))]
        return torch.cat(ways, 1).relu()


# %% right="Inception: written into a result"
class Inception(nn.Module):
    def __init__(self, in_channels, one, three, five, pooled):
        super().__init__()
        self.one = nn.Conv2d(in_channels, one, 1)
        self.three_in = nn.Conv2d(in_channels, three[0], 1)
        self.three_out = nn.Conv2d(three[0], three[1], 3, 1, 1)
        self.five_in = nn.Conv2d(in_channels, five[0], 1)
        self.five_out = nn.Conv2d(five[0], five[1], 5, 1, 2)
        self.pooled = nn.Conv2d(in_channels, pooled, 1)

    def forward(self, x):
        result = self.one(x)
        for way in (
            self.three_out(self.three_in(x).clamp(min=0)),
            self.five_out(self.five_in(x).clamp(min=0)),
            self.pooled(F.max_pool2d(x, kernel_size=3, stride=1, padding=1)),
        ):
            result = torch.concatenate((result, way), dim=-3)
        return result.clamp(min=0)


# %% wrong="Inception: adds the large windows up"
class Inception(nn.Module):
    def __init__(self, in_channels, one, three, five, pooled):
        super().__init__()
        self.one, self.pooled = nn.Conv2d(in_channels, one, 1), nn.Conv2d(in_channels, pooled, 1)
        self.three_in, self.five_in = nn.Conv2d(in_channels, three[0], 1), nn.Conv2d(in_channels, five[0], 1)
        self.three_out = nn.Conv2d(three[0], three[1], 3, padding=1)
        self.five_out = nn.Conv2d(five[0], five[1], 5, padding=2)

    def forward(self, x):
        three = F.relu(self.three_out(F.relu(self.three_in(x))))
        five = F.relu(self.five_out(F.relu(self.five_in(x))))
        pooled = F.relu(self.pooled(F.max_pool2d(x, 3, stride=1, padding=1)))
        return F.relu(self.one(x)) + three + five + pooled


# %% wrong="Inception: pooling that halves the size"
class Inception(nn.Module):
    def __init__(self, in_channels, one, three, five, pooled):
        super().__init__()
        self.one, self.pooled = nn.Conv2d(in_channels, one, 1), nn.Conv2d(in_channels, pooled, 1)
        self.three_in, self.five_in = nn.Conv2d(in_channels, three[0], 1), nn.Conv2d(in_channels, five[0], 1)
        self.three_out = nn.Conv2d(three[0], three[1], 3, padding=1)
        self.five_out = nn.Conv2d(five[0], five[1], 5, padding=2)

    def forward(self, x):
        three = F.relu(self.three_out(F.relu(self.three_in(x))))
        five = F.relu(self.five_out(F.relu(self.five_in(x))))
        pooled = F.relu(self.pooled(F.max_pool2d(x, 2)))
        return torch.cat([F.relu(self.one(x)), three, five, pooled], dim=1)


# %% wrong="Inception: no ReLU between"
class Inception(nn.Module):
    def __init__(self, in_channels, one, three, five, pooled):
        super().__init__()
        self.one, self.pooled = nn.Conv2d(in_channels, one, 1), nn.Conv2d(in_channels, pooled, 1)
        self.three_in, self.five_in = nn.Conv2d(in_channels, three[0], 1), nn.Conv2d(in_channels, five[0], 1)
        self.three_out = nn.Conv2d(three[0], three[1], 3, padding=1)
        self.five_out = nn.Conv2d(five[0], five[1], 5, padding=2)

    def forward(self, x):
        three, five = F.relu(self.three_out(self.three_in(x))), F.relu(self.five_out(self.five_in(x)))
        pooled = F.relu(self.pooled(F.max_pool2d(x, 3, stride=1, padding=1)))
        return torch.cat([F.relu(self.one(x)), three, five, pooled], dim=1)


# %% wrong="Inception: average pooling"
class Inception(nn.Module):
    def __init__(self, in_channels, one, three, five, pooled):
        super().__init__()
        self.one, self.pooled = nn.Conv2d(in_channels, one, 1), nn.Conv2d(in_channels, pooled, 1)
        self.three_in, self.five_in = nn.Conv2d(in_channels, three[0], 1), nn.Conv2d(in_channels, five[0], 1)
        self.three_out = nn.Conv2d(three[0], three[1], 3, padding=1)
        self.five_out = nn.Conv2d(five[0], five[1], 5, padding=2)

    def forward(self, x):
        three = F.relu(self.three_out(F.relu(self.three_in(x))))
        five = F.relu(self.five_out(F.relu(self.five_in(x))))
        pooled = F.relu(self.pooled(F.avg_pool2d(x, 3, stride=1, padding=1)))
        return torch.cat([F.relu(self.one(x)), three, five, pooled], dim=1)


# %% wrong="Inception: the wrong padding for 5×5"
class Inception(nn.Module):
    def __init__(self, in_channels, one, three, five, pooled):
        super().__init__()
        self.one, self.pooled = nn.Conv2d(in_channels, one, 1), nn.Conv2d(in_channels, pooled, 1)
        self.three_in, self.five_in = nn.Conv2d(in_channels, three[0], 1), nn.Conv2d(in_channels, five[0], 1)
        self.three_out = nn.Conv2d(three[0], three[1], 3, padding=1)
        self.five_out = nn.Conv2d(five[0], five[1], 5, padding=1)

    def forward(self, x):
        three = F.relu(self.three_out(F.relu(self.three_in(x))))
        five = F.relu(self.five_out(F.relu(self.five_in(x))))
        pooled = F.relu(self.pooled(F.max_pool2d(x, 3, stride=1, padding=1)))
        return torch.cat([F.relu(self.one(x)), three, five, pooled], dim=1)


# %% wrong="Inception: batch after batch instead of channel after channel"
class Inception(nn.Module):
    def __init__(self, in_channels, one, three, five, pooled):
        super().__init__()
        self.one, self.pooled = nn.Conv2d(in_channels, one, 1), nn.Conv2d(in_channels, pooled, 1)
        self.three_in, self.five_in = nn.Conv2d(in_channels, three[0], 1), nn.Conv2d(in_channels, five[0], 1)
        self.three_out = nn.Conv2d(three[0], three[1], 3, padding=1)
        self.five_out = nn.Conv2d(five[0], five[1], 5, padding=2)

    def forward(self, x):
        three = F.relu(self.three_out(F.relu(self.three_in(x))))
        five = F.relu(self.five_out(F.relu(self.five_in(x))))
        pooled = F.relu(self.pooled(F.max_pool2d(x, 3, stride=1, padding=1)))
        return torch.cat([F.relu(self.one(x)), three, five, pooled], dim=0)


# %% wrong="Bottleneck: the main path cut off from the graph"
class Bottleneck(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(in_channels, width, 1, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = nn.Conv2d(width, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width)
        self.conv3, self.bn3 = nn.Conv2d(width, 4 * width, 1, bias=False), nn.BatchNorm2d(4 * width)
        self.downsample = None
        if stride != 1 or in_channels != 4 * width:
            shortcut = nn.Conv2d(in_channels, 4 * width, 1, stride, bias=False)
            self.downsample = nn.Sequential(shortcut, nn.BatchNorm2d(4 * width))

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = F.relu(self.bn2(self.conv2(out)))
        out = self.bn3(self.conv3(out))
        return F.relu(out.detach() + (x if self.downsample is None else self.downsample(x)))


# %% wrong="Bottleneck: the shortcut cut off from the graph"
class Bottleneck(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(in_channels, width, 1, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = nn.Conv2d(width, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width)
        self.conv3, self.bn3 = nn.Conv2d(width, 4 * width, 1, bias=False), nn.BatchNorm2d(4 * width)
        self.downsample = None
        if stride != 1 or in_channels != 4 * width:
            shortcut = nn.Conv2d(in_channels, 4 * width, 1, stride, bias=False)
            self.downsample = nn.Sequential(shortcut, nn.BatchNorm2d(4 * width))

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = F.relu(self.bn2(self.conv2(out)))
        out = self.bn3(self.conv3(out))
        return F.relu(out + (x if self.downsample is None else self.downsample(x)).detach())


# %% right="Inception: one ReLU for all at the end"
class Inception(nn.Module):
    def __init__(self, in_channels, one, three, five, pooled):
        super().__init__()
        self.one, self.pooled = nn.Conv2d(in_channels, one, 1), nn.Conv2d(in_channels, pooled, 1)
        self.three_in, self.three_out = nn.Conv2d(in_channels, three[0], 1), nn.Conv2d(*three, 3, padding=1)
        self.five_in, self.five_out = nn.Conv2d(in_channels, five[0], 1), nn.Conv2d(*five, 5, padding=2)

    def forward(self, x):
        three = self.three_out(self.three_in(x).relu())
        five = self.five_out(self.five_in(x).relu())
        pooled = self.pooled(F.max_pool2d(x, 3, 1, 1))
        return torch.cat([self.one(x), three, five, pooled], dim=1).relu()


# %% wrong="Inception: the pooling way cut off from the graph"
class Inception(nn.Module):
    def __init__(self, in_channels, one, three, five, pooled):
        super().__init__()
        self.one, self.pooled = nn.Conv2d(in_channels, one, 1), nn.Conv2d(in_channels, pooled, 1)
        self.three_in, self.three_out = nn.Conv2d(in_channels, three[0], 1), nn.Conv2d(*three, 3, padding=1)
        self.five_in, self.five_out = nn.Conv2d(in_channels, five[0], 1), nn.Conv2d(*five, 5, padding=2)

    def forward(self, x):
        three = self.three_out(self.three_in(x).relu())
        five = self.five_out(self.five_in(x).relu())
        pooled = self.pooled(F.max_pool2d(x.detach(), 3, 1, 1))
        return torch.cat([self.one(x), three, five, pooled], dim=1).relu()


# %% wrong="Inception: pads with copies of the edge"
class Inception(nn.Module):
    def __init__(self, in_channels, one, three, five, pooled):
        super().__init__()
        self.one, self.pooled = nn.Conv2d(in_channels, one, 1), nn.Conv2d(in_channels, pooled, 1)
        self.three_in, self.three_out = (
            nn.Conv2d(in_channels, three[0], 1),
            nn.Conv2d(*three, 3, padding=1, padding_mode="replicate"),
        )
        self.five_in, self.five_out = nn.Conv2d(in_channels, five[0], 1), nn.Conv2d(*five, 5, padding=2)

    def forward(self, x):
        three = self.three_out(self.three_in(x).relu())
        five = self.five_out(self.five_in(x).relu())
        pooled = self.pooled(F.max_pool2d(x, 3, 1, 1))
        return torch.cat([self.one(x), three, five, pooled], dim=1).relu()


# %% wrong="multiplications: as a tensor"
def direct(height, width, in_channels, out_channels, kernel):
    return torch.tensor(height * width * out_channels * in_channels * kernel**2)


def squeezed(height, width, in_channels, middle, out_channels, kernel):
    return direct(height, width, in_channels, middle, 1) + direct(height, width, middle, out_channels, kernel)


# %% wrong="Bottleneck: norms that move by another momentum"
class Bottleneck(nn.Module):
    def __init__(self, in_channels: int, width: int, stride: int = 1):
        super().__init__()
        out_channels = 4 * width
        self.conv1, self.bn1 = nn.Conv2d(in_channels, width, 1, bias=False), nn.BatchNorm2d(width, momentum=0.9)
        self.conv2 = nn.Conv2d(width, width, 3, stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width, momentum=0.9)
        self.conv3 = nn.Conv2d(width, out_channels, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(out_channels, momentum=0.9)
        self.downsample = None
        if stride != 1 or in_channels != out_channels:
            projection = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.downsample = nn.Sequential(projection, nn.BatchNorm2d(out_channels))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = F.relu(self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x))))))
        out = self.bn3(self.conv3(out))
        return F.relu(out + (x if self.downsample is None else self.downsample(x)))


# %% wrong="Inception: the pooling's frame is a hundred below zero"
class Inception(nn.Module):
    def __init__(self, in_channels: int, one: int, three: tuple[int, int], five: tuple[int, int], pooled: int):
        super().__init__()
        self.one = nn.Conv2d(in_channels, one, 1)
        self.three_in, self.three_out = nn.Conv2d(in_channels, three[0], 1), nn.Conv2d(*three, 3, padding=1)
        self.five_in, self.five_out = nn.Conv2d(in_channels, five[0], 1), nn.Conv2d(*five, 5, padding=2)
        self.pooled = nn.Conv2d(in_channels, pooled, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        three = self.three_out(F.relu(self.three_in(x)))
        five = self.five_out(F.relu(self.five_in(x)))
        pooled = self.pooled(F.max_pool2d(F.pad(x, (1, 1, 1, 1), value=-100.0), 3, stride=1))
        return F.relu(torch.cat([self.one(x), three, five, pooled], dim=1))


# %% equivalent="prepare: a tenth is what StepLR does if nothing is said"
# - scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=7, gamma=0.1)
# + scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=7)


# %% right="prepare: by the name of the model"
def prepare(weights, classes, lr):
    net = torchvision.models.get_model("resnet18", weights=weights)
    net.fc = nn.Linear(512, classes)
    optimizer = torch.optim.SGD(list(net.parameters()), lr, 0.9)
    return net, F.cross_entropy, optimizer, torch.optim.lr_scheduler.StepLR(optimizer, 7)


# %% right="prepare: a schedule as a function"
def prepare(weights, classes, lr):
    from torchvision.models import resnet18

    net = resnet18(weights=weights)
    inputs = net.fc.weight.shape[1]
    net.fc = nn.Linear(in_features=inputs, out_features=classes)
    optimizer = torch.optim.SGD(params=net.parameters(), momentum=0.9, lr=lr)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda epoch: 0.1 ** (epoch // 7))
    return net, nn.CrossEntropyLoss(), optimizer, scheduler


# %% right="prepare: body and head in two groups, a factor for each epoch"
def prepare(weights, classes, lr):
    net = torchvision.models.resnet18(weights=weights)
    net.fc = nn.Linear(net.fc.in_features, classes)
    body = [parameter for name, parameter in net.named_parameters() if not name.startswith("fc.")]
    groups = [{"params": body}, {"params": net.fc.parameters()}]
    optimizer = torch.optim.SGD(groups, lr=lr, momentum=0.9)
    factor = torch.optim.lr_scheduler.MultiplicativeLR(optimizer, lambda epoch: 1.0 if epoch % 7 else 0.1)
    return net, lambda scores, labels: F.nll_loss(scores.log_softmax(dim=1), labels), optimizer, factor


# %% wrong="prepare: always without weights"
def prepare(weights, classes, lr):
    net = torchvision.models.resnet18(weights=None)
    net.fc = nn.Linear(net.fc.in_features, classes)
    optimizer = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=7, gamma=0.1)
    return net, nn.CrossEntropyLoss(), optimizer, scheduler


# %% wrong="prepare: the optimiser comes before the head"
def prepare(weights, classes, lr):
    net = torchvision.models.resnet18(weights=weights)
    optimizer = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)
    net.fc = nn.Linear(net.fc.in_features, classes)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=7, gamma=0.1)
    return net, nn.CrossEntropyLoss(), optimizer, scheduler


# %% wrong="prepare: number and factor change places"
def prepare(weights, classes, lr):
    net = torchvision.models.resnet18(weights=weights)
    net.fc = nn.Linear(net.fc.in_features, classes)
    optimizer = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=1, gamma=0.7)
    return net, nn.CrossEntropyLoss(), optimizer, scheduler


# %% wrong="prepare: a second layer behind the old head"
def prepare(weights, classes, lr):
    net = torchvision.models.resnet18(weights=weights)
    net.fc = nn.Sequential(net.fc, nn.Linear(1000, classes))
    optimizer = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=7, gamma=0.1)
    return net, nn.CrossEntropyLoss(), optimizer, scheduler


# %% wrong="prepare: no momentum"
def prepare(weights, classes, lr):
    net = torchvision.models.resnet18(weights=weights)
    net.fc = nn.Linear(net.fc.in_features, classes)
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=7, gamma=0.1)
    return net, nn.CrossEntropyLoss(), optimizer, scheduler


# %% wrong="prepare: only the head is trained"
def prepare(weights, classes, lr):
    net = torchvision.models.resnet18(weights=weights)
    net.fc = nn.Linear(net.fc.in_features, classes)
    optimizer = torch.optim.SGD(net.fc.parameters(), lr=lr, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=7, gamma=0.1)
    return net, nn.CrossEntropyLoss(), optimizer, scheduler


# %% wrong="prepare: the head ends in a softmax"
def prepare(weights, classes: int, lr: float):
    net = torchvision.models.resnet18(weights=weights)
    net.fc = nn.Sequential(nn.Linear(net.fc.in_features, classes), nn.Softmax(dim=1))
    optimizer = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=7, gamma=0.1)
    return net, nn.CrossEntropyLoss(), optimizer, scheduler


# %% wrong="prepare: a tenth after each of the first five sevens"
def prepare(weights, classes: int, lr: float):
    net = torchvision.models.resnet18(weights=weights)
    net.fc = nn.Linear(net.fc.in_features, classes)
    optimizer = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, [7, 14, 21, 28, 35], gamma=0.1)
    return net, nn.CrossEntropyLoss(), optimizer, scheduler


# %% [markdown] explains="multiplications"
# Every number that comes out is a sum of products, one for each number that it looks at: `in_channels * kernel**2`.
# There are `height * width * out_channels` such numbers. The product of both is the cost.
#
# With a narrow place in between there are two layers. The first has a window of 1 and makes `middle` channels, the
# second sees only these. For 192 to 32 channels with a window of 5 on 28 × 28: directly 120 million, through 16
# channels 2.4 + 10.0 = 12.4 million, which is 9.7 times cheaper. The saving comes from the second layer, which now
# looks at 16 channels in place of 192. The first one, which one is tempted to forget, is a fifth of the bill. What is
# lost is everything that does not fit through 16 numbers a pixel.

# %% [markdown] explains="Bottleneck"
# Write the channels beside the drawing: in → width → width → 4 · width. Down by a window of 1, work at 3 × 3 where it
# is narrow, up by a window of 1. With 256 channels in and a width of 64 that takes 69,632 weights; two 3 × 3
# convolutions on 256 channels would take 1,179,648, 17 times as many. That is how ResNet-50 can be deeper than
# ResNet-34 at about the same cost.
#
# A norm after each convolution, and a ReLU after the first two only. The third comes after the sum, as in the plain
# block, or the branch could only add. With the stride in the first 1 × 1, that layer would look at every fourth pixel
# and throw the others away unseen; in the 3 × 3 every pixel falls into some window. Shapes are the same in both cases,
# so only a comparison of the numbers tells them apart.

# %% [markdown] explains="Inception"
# To lie on top of each other, the four results need the same height and width. A window of k shrinks the picture by k −
# 1, so the padding is half of that: 0, 1 and 2. The pooling needs stride 1, because its default is its own window,
# which would leave a third of the size. `cat` along `dim=1` adds channels; along 0 it would add pictures to the batch.
#
# `F.max_pool2d` pads with minus infinity, so the frame never wins. If you pad with zeros yourself, zeros do win
# wherever all pixels around are negative. A ReLU stands after *every* convolution, also between the 1 × 1 and the large
# window: without it the two would be one linear layer of low rank, and the 1 × 1 would only save work and say nothing
# of its own.

# %% [markdown] explains="prepare"
# The order of the lines is the exercise. The optimiser is told which tensors to move, and it is told once. Made before
# the new head, it knows the old one: the new head would stay as it was drawn, all layers below would learn to make the
# best of it, and nobody would notice why it is not better. So: network, head, optimiser, schedule.
#
# `in_features` is asked for, because ResNet-50 has 2048 where ResNet-18 has 512. A second layer *behind* the old head
# would run too, squeezed through a thousand classes that nobody needs. `CrossEntropyLoss` takes scores, so the head
# ends without a softmax; `NLLLoss` would want logarithms of probabilities. `step_size` counts calls of
# `scheduler.step()`, one an epoch: rates of lr, lr/10, lr/100, each for seven epochs.
