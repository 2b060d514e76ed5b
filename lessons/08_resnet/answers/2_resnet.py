# Answers to the exercises of 2_resnet.py, right and wrong: what `course audit` grades. No student sees them.

# %% equivalent="ResNet: a mean over two axes knows no order"
# - return self.fc(x.mean(dim=(2, 3)))
# + return self.fc(x.mean(dim=(3, 2)))

# %% right="ResNet: modules for every step"
class ResNet(nn.Module):
    def __init__(self, group, n_blocks, classes=1000):
        super().__init__()
        self.fc = nn.Linear(512, classes)
        self.conv1 = nn.Conv2d(3, 64, (7, 7), (2, 2), (3, 3), bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        channels = [64, 64, 128, 256, 512]
        for place, n in enumerate(n_blocks):
            layer = group(n, channels[place], channels[place + 1], 1 if place == 0 else 2)
            self.add_module(f"layer{place + 1}", layer)
        self.avgpool = nn.AdaptiveAvgPool2d(1)

    def forward(self, x):
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        for layer in (self.layer1, self.layer2, self.layer3, self.layer4):
            x = layer(x)
        return self.fc(self.avgpool(x).flatten(1))


# %% right="ResNet: one Sequential that shares the parts"
class ResNet(nn.Module):
    def __init__(self, group, n_blocks, classes=1000):
        super().__init__()
        one, two, three, four = n_blocks
        self.conv1, self.bn1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64)
        self.layer1 = group(n_blocks=one, in_channels=64, out_channels=64, first_stride=1)
        self.layer2 = group(n_blocks=two, in_channels=64, out_channels=128, first_stride=2)
        self.layer3 = group(n_blocks=three, in_channels=128, out_channels=256, first_stride=2)
        self.layer4 = group(n_blocks=four, in_channels=256, out_channels=512, first_stride=2)
        self.fc = nn.Linear(512, classes)

    def forward(self, x):
        x = self.conv1(x)
        x = self.bn1(x).clamp(min=0)
        x = nn.functional.max_pool2d(x, 3, stride=2, padding=1)
        x = self.layer1(x)
        x = self.layer2(x)
        x = self.layer3(x)
        x = self.layer4(x)
        return self.fc(x.flatten(2).mean(-1))


# %% right="ResNet: pools before the ReLU, which is the same"
class ResNet(nn.Module):
    def __init__(self, group, n_blocks, classes=1000):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False), nn.BatchNorm2d(64)
        before = 64
        for place, (n, after) in enumerate(zip(n_blocks, (64, 128, 256, 512), strict=True), start=1):
            setattr(self, f"layer{place}", group(n, before, after, 1 + (place > 1)))
            before = after
        self.fc = nn.Linear(512, classes)

    def forward(self, x):
        x = F.relu(F.max_pool2d(self.bn1(self.conv1(x)), 3, 2, 1))
        for place in range(1, 5):
            x = getattr(self, f"layer{place}")(x)
        x = F.avg_pool2d(x, x.shape[2:])[..., 0, 0]
        return x @ self.fc.weight.T + self.fc.bias


# %% wrong="ResNet: forgets the max pooling"
class ResNet(nn.Module):
    def __init__(self, group, n_blocks, classes=1000):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.layer1 = group(n_blocks[0], 64, 64, 1)
        self.layer2 = group(n_blocks[1], 64, 128, 2)
        self.layer3 = group(n_blocks[2], 128, 256, 2)
        self.layer4 = group(n_blocks[3], 256, 512, 2)
        self.fc = nn.Linear(512, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean(dim=(2, 3)))


# %% wrong="ResNet: halves in the first group too"
class ResNet(nn.Module):
    def __init__(self, group, n_blocks, classes=1000):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.layer1 = group(n_blocks[0], 64, 64, 2)
        self.layer2 = group(n_blocks[1], 64, 128, 2)
        self.layer3 = group(n_blocks[2], 128, 256, 2)
        self.layer4 = group(n_blocks[3], 256, 512, 2)
        self.fc = nn.Linear(512, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), kernel_size=3, stride=2, padding=1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean(dim=(2, 3)))


# %% wrong="ResNet: max pooling at the end"
class ResNet(nn.Module):
    def __init__(self, group, n_blocks, classes=1000):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.layer1 = group(n_blocks[0], 64, 64, 1)
        self.layer2 = group(n_blocks[1], 64, 128, 2)
        self.layer3 = group(n_blocks[2], 128, 256, 2)
        self.layer4 = group(n_blocks[3], 256, 512, 2)
        self.fc = nn.Linear(512, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), kernel_size=3, stride=2, padding=1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.amax(dim=(2, 3)))


# %% wrong="ResNet: no ReLU before the pooling"
class ResNet(nn.Module):
    def __init__(self, group, n_blocks, classes=1000):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.layer1 = group(n_blocks[0], 64, 64, 1)
        self.layer2 = group(n_blocks[1], 64, 128, 2)
        self.layer3 = group(n_blocks[2], 128, 256, 2)
        self.layer4 = group(n_blocks[3], 256, 512, 2)
        self.fc = nn.Linear(512, classes)

    def forward(self, x):
        x = F.max_pool2d(self.bn1(self.conv1(x)), kernel_size=3, stride=2, padding=1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean(dim=(2, 3)))


# %% wrong="ResNet: always two blocks, always a thousand classes"
class ResNet(nn.Module):
    def __init__(self, group, n_blocks, classes=1000):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.layer1 = group(2, 64, 64, 1)
        self.layer2 = group(2, 64, 128, 2)
        self.layer3 = group(2, 128, 256, 2)
        self.layer4 = group(2, 256, 512, 2)
        self.fc = nn.Linear(512, 1000)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), kernel_size=3, stride=2, padding=1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean(dim=(2, 3)))


# %% wrong="ResNet: softmax on top"
class ResNet(nn.Module):
    def __init__(self, group, n_blocks, classes=1000):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.layer1 = group(n_blocks[0], 64, 64, 1)
        self.layer2 = group(n_blocks[1], 64, 128, 2)
        self.layer3 = group(n_blocks[2], 128, 256, 2)
        self.layer4 = group(n_blocks[3], 256, 512, 2)
        self.fc = nn.Linear(512, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), kernel_size=3, stride=2, padding=1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean(dim=(2, 3))).softmax(dim=1)


# %% right="copy_weights: rename, then load"
def copy_weights(mine, theirs):
    names, values = list(mine.state_dict()), list(theirs.state_dict().values())
    shapes = [tuple(value.shape) for value in mine.state_dict().values()]
    if len(names) != len(values) or any(tuple(v.shape) != s for v, s in zip(values, shapes, strict=True)):
        raise ValueError("not alike")
    mine.load_state_dict(dict(zip(names, values, strict=True)))


# %% right="copy_weights: parameters, then buffers"
def copy_weights(mine, theirs):
    if len(mine.state_dict()) != len(theirs.state_dict()):
        raise ValueError("other numbers of entries")
    pairs = list(zip(mine.state_dict().values(), theirs.state_dict().values(), strict=True))
    for a, b in pairs:
        if a.shape != b.shape:
            raise ValueError("other shapes")
    with torch.no_grad():
        for a, b in zip(mine.parameters(), theirs.parameters(), strict=True):
            a.data[...] = b.data
        for a, b in zip(mine.buffers(), theirs.buffers(), strict=True):
            a.copy_(b.clone())


# %% right="copy_weights: puts everything back when it goes wrong"
def copy_weights(mine, theirs):
    before = copy.deepcopy(mine.state_dict())
    values = list(theirs.state_dict().values())
    try:
        mine.load_state_dict(dict(zip(before, values, strict=True)))
    except RuntimeError as error:
        mine.load_state_dict(before)
        raise ValueError("not alike") from error


# %% wrong="copy_weights: forgets the buffers"
def copy_weights(mine, theirs):
    ours, others = list(mine.parameters()), list(theirs.parameters())
    if [p.shape for p in ours] != [p.shape for p in others]:
        raise ValueError("not alike")
    with torch.no_grad():
        for a, b in zip(ours, others, strict=True):
            a.copy_(b)


# %% wrong="copy_weights: shares the memory"
def copy_weights(mine, theirs):
    ours, others = mine.state_dict(), theirs.state_dict()
    if [t.shape for t in ours.values()] != [t.shape for t in others.values()]:
        raise ValueError("not alike")
    mine.load_state_dict(dict(zip(ours, others.values(), strict=True)), assign=True)


# %% wrong="copy_weights: notices too late"
def copy_weights(mine, theirs):
    for a, b in zip(mine.state_dict().values(), theirs.state_dict().values(), strict=True):
        if a.shape != b.shape:
            raise ValueError("not alike")
        a.copy_(b)


# %% wrong="copy_weights: stops at the shorter one"
def copy_weights(mine, theirs):
    pairs = list(zip(mine.state_dict().values(), theirs.state_dict().values(), strict=False))
    if any(a.shape != b.shape for a, b in pairs):
        raise ValueError("not alike")
    for a, b in pairs:
        a.copy_(b)


# %% wrong="copy_weights: the wrong way round"
def copy_weights(mine, theirs):
    ours, others = list(mine.state_dict().values()), list(theirs.state_dict().values())
    if [t.shape for t in ours] != [t.shape for t in others]:
        raise ValueError("not alike")
    for a, b in zip(ours, others, strict=True):
        b.copy_(a)


# %% wrong="copy_weights: by name"
def copy_weights(mine, theirs):
    try:
        mine.load_state_dict(theirs.state_dict())
    except RuntimeError as error:
        raise ValueError("not alike") from error


# %% right="zero_last_norms: by names"
def zero_last_norms(net):
    names = dict(net.named_parameters())
    for name, weight in names.items():
        *_, norm, part = ["", *name.split(".")]
        other = name.removesuffix("bn2.weight") + "bn3.weight"
        if part == "weight" and (norm == "bn3" or norm == "bn2" and other not in names):
            weight.data.fill_(0)


# %% right="zero_last_norms: hasattr and no_grad"
def zero_last_norms(net):
    with torch.no_grad():
        for module in net.modules():
            if hasattr(module, "bn3"):
                module.bn3.weight *= 0
            elif hasattr(module, "bn2"):
                module.bn2.weight *= 0


# %% wrong="zero_last_norms: only the first level"
def zero_last_norms(net):
    for module in net.children():
        last = getattr(module, "bn3", getattr(module, "bn2", None))
        if last is not None:
            nn.init.zeros_(last.weight)


# %% wrong="zero_last_norms: always bn2"
def zero_last_norms(net):
    for module in net.modules():
        if hasattr(module, "bn2"):
            nn.init.zeros_(module.bn2.weight)


# %% wrong="zero_last_norms: bn2 and bn3"
def zero_last_norms(net):
    for module in net.modules():
        for name in ("bn2", "bn3"):
            if hasattr(module, name):
                nn.init.zeros_(getattr(module, name).weight)


# %% wrong="zero_last_norms: the bias too"
def zero_last_norms(net):
    for module in net.modules():
        last = getattr(module, "bn3", getattr(module, "bn2", None))
        if last is not None:
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)


# %% wrong="zero_last_norms: every norm"
def zero_last_norms(net):
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.zeros_(module.weight)


# %% wrong="zero_last_norms: freezes it as well"
def zero_last_norms(net):
    for module in net.modules():
        last = getattr(module, "bn3", getattr(module, "bn2", None))
        if last is not None:
            nn.init.zeros_(last.weight).requires_grad_(False)


# %% wrong="ResNet: first and last number of blocks change places"
class ResNet(nn.Module):
    def __init__(self, group, n_blocks, classes=1000):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.layer1 = group(n_blocks[3], 64, 64, 1)
        self.layer2 = group(n_blocks[1], 64, 128, 2)
        self.layer3 = group(n_blocks[2], 128, 256, 2)
        self.layer4 = group(n_blocks[0], 256, 512, 2)
        self.fc = nn.Linear(512, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), kernel_size=3, stride=2, padding=1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean(dim=(2, 3)))


# %% wrong="ResNet: the stem cut off from the graph"
class ResNet(nn.Module):
    def __init__(self, group, n_blocks, classes=1000):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.layer1 = group(n_blocks[0], 64, 64, 1)
        self.layer2 = group(n_blocks[1], 64, 128, 2)
        self.layer3 = group(n_blocks[2], 128, 256, 2)
        self.layer4 = group(n_blocks[3], 256, 512, 2)
        self.fc = nn.Linear(512, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), kernel_size=3, stride=2, padding=1).detach()
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean(dim=(2, 3)))


# %% wrong="copy_weights: compares sorted shapes"
def copy_weights(mine, theirs):
    ours, others = list(mine.state_dict().values()), list(theirs.state_dict().values())
    if sorted(tuple(t.shape) for t in ours) != sorted(tuple(t.shape) for t in others):
        raise ValueError("not alike")
    for tensor, that in zip(ours, others, strict=True):
        if tensor.shape == that.shape:
            tensor.copy_(that)


# %% wrong="copy_weights: compares how many numbers there are"
def copy_weights(mine, theirs):
    ours, others = list(mine.state_dict().values()), list(theirs.state_dict().values())
    if [t.numel() for t in ours] != [t.numel() for t in others]:
        raise ValueError("not alike")
    for tensor, other in zip(ours, others, strict=True):
        tensor.copy_(other.reshape(tensor.shape))


# %% wrong="zero_last_norms: a new parameter in place of the old one"
def zero_last_norms(net):
    for module in net.modules():
        last = getattr(module, "bn3", getattr(module, "bn2", None))
        if last is not None:
            last.weight = nn.Parameter(torch.zeros_like(last.weight))


# %% wrong="copy_weights: does not compare how many buffers there are"
def copy_weights(mine: nn.Module, theirs: nn.Module) -> None:
    if [p.shape for p in mine.parameters()] != [p.shape for p in theirs.parameters()]:
        raise ValueError("the two networks are not built alike")
    with torch.no_grad():
        for ours, other in zip(mine.state_dict().values(), theirs.state_dict().values(), strict=False):
            ours.copy_(other)


# %% wrong="zero_last_norms: whatever ends in bn2 or bn3"
def zero_last_norms(net: nn.Module) -> None:
    modules = dict(net.named_modules())
    for name, module in modules.items():
        if name.endswith("bn3") or name.endswith("bn2") and name[:-1] + "3" not in modules:
            nn.init.zeros_(module.weight)


# %% wrong="zero_last_norms: three kinds of norms are known"
def zero_last_norms(net: nn.Module) -> None:
    for module in net.modules():
        last = getattr(module, "bn3", getattr(module, "bn2", None))
        if isinstance(last, (nn.modules.batchnorm._NormBase, nn.GroupNorm, nn.LayerNorm)):
            nn.init.zeros_(last.weight)


# %% wrong="ResNet: the stem's norm keeps its first statistics"
class ResNet(nn.Module):
    def __init__(self, group, n_blocks: tuple[int, int, int, int], classes: int = 1000):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64, momentum=0.0)
        self.layer1 = group(n_blocks[0], 64, 64, 1)
        self.layer2 = group(n_blocks[1], 64, 128, 2)
        self.layer3 = group(n_blocks[2], 128, 256, 2)
        self.layer4 = group(n_blocks[3], 256, 512, 2)
        self.fc = nn.Linear(512, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), kernel_size=3, stride=2, padding=1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean(dim=(2, 3)))


# %% right="paths: by recursion and Pascal's triangle"
def paths(branches, x):
    if len(branches) == 0:
        return [x]
    return paths(branches[1:], x) + paths(branches[1:], branches[0](x))


def path_lengths(n):
    row = [1]
    for _ in range(n):
        row = [a + b for a, b in zip([0, *row], [*row, 0], strict=True)]
    return row


# %% right="paths: every subset"
def paths(branches, x):
    ends = []
    for way in range(2 ** len(branches)):
        signal = x
        for place, branch in enumerate(branches):
            if way >> place & 1:
                signal = branch(signal)
        ends.append(signal)
    return ends


def path_lengths(n):
    whole = math.factorial(n)
    return [whole // (math.factorial(k) * math.factorial(n - k)) for k in range(n + 1)]


# %% wrong="paths: only one branch at a time"
def paths(branches, x):
    return [x] + [branch(x) for branch in branches]


def path_lengths(n):
    return [math.comb(n, k) for k in range(n + 1)]


# %% wrong="paths: adds as it goes"
def paths(branches, x):
    signals = [x]
    for branch in branches:
        signals = signals + [signal + branch(signal) for signal in signals]
    return signals


def path_lengths(n):
    return [math.comb(n, k) for k in range(n + 1)]


# %% wrong="paths: last branch first"
def paths(branches, x):
    signals = [x]
    for branch in reversed(list(branches)):
        signals = signals + [branch(signal) for signal in signals]
    return signals


def path_lengths(n):
    return [math.comb(n, k) for k in range(n + 1)]


# %% wrong="paths: forgets the way past all of them"
def paths(branches, x):
    signals = [x]
    for branch in branches:
        signals = signals + [branch(signal) for signal in signals]
    return signals[1:]


def path_lengths(n):
    return [math.comb(n, k) for k in range(n + 1)]


# %% wrong="paths: lengths from one on"
def paths(branches, x):
    signals = [x]
    for branch in branches:
        signals = signals + [branch(signal) for signal in signals]
    return signals


def path_lengths(n):
    return [math.comb(n, k) for k in range(1, n + 1)]


# %% wrong="paths: all lengths equally often"
def paths(branches, x):
    signals = [x]
    for branch in branches:
        signals = signals + [branch(signal) for signal in signals]
    return signals


def path_lengths(n):
    return [2**n // (n + 1)] * (n + 1)


# %% wrong="paths: lengths that are rounded for many blocks"
def paths(branches, x):
    signals = [x]
    for branch in branches:
        signals = signals + [branch(signal) for signal in signals]
    return signals


def path_lengths(n):
    lengths = [1]
    for k in range(n):
        lengths.append(int(lengths[-1] * ((n - k) / (k + 1))))
    return lengths


# %% wrong="paths: lengths of up to nine blocks"
def paths(branches, x):
    signals = [x]
    for branch in branches:
        signals = signals + [branch(signal) for signal in signals]
    return signals


def path_lengths(n):
    used = [bin(way).count("1") for way in range(2 ** min(n, 9))]
    return [used.count(k) for k in range(n + 1)]


# %% wrong="paths: lengths in whole numbers of 64 bits"
def paths(branches, x: torch.Tensor) -> list[torch.Tensor]:
    signals = [x]
    for branch in branches:
        signals = signals + [branch(signal) for signal in signals]
    return signals


def path_lengths(n: int) -> list[int]:
    row = torch.zeros(n + 1, dtype=torch.int64)
    row[0] = 1
    for _ in range(n):
        row[1:] = row[1:] + row[:-1]
    return row.tolist()


# %% right="paths: one tensor with a row for each path"
def paths(branches, x):
    signals = x[None]
    for branch in branches:
        signals = torch.cat([signals, torch.stack([branch(signal) for signal in signals])])
    return signals


def path_lengths(n):
    return tuple(math.comb(n, k) for k in range(n + 1))


# %% wrong="paths: lists of numbers"
def paths(branches, x):
    signals = [x]
    for branch in branches:
        signals = signals + [branch(signal) for signal in signals]
    return [signal.tolist() for signal in signals]


def path_lengths(n):
    return [math.comb(n, k) for k in range(n + 1)]


# %% [markdown] explains="ResNet"
# Go down the table. The start makes a quarter of the size, 224 to 112 by the stride and to 56 by the pooling, before
# anything expensive happens. The first group keeps that; each of the next three halves the size and doubles the
# channels. So a convolution costs about the same in every group: a quarter of the pixels, four times the products for
# each.
#
# The mean over all pixels takes whatever size has arrived, 7 × 7 or 2 × 3, and leaves 512 numbers: a network without a
# fixed input size, and with a head of half a million weights where VGG has over a hundred million. What leaves `fc` are
# scores. No softmax belongs here, because the loss takes it. The ReLU after `bn1` is easily forgotten, as the table
# mentions it only in passing, and the parameters are the same with and without it: it takes the comparison of scores to
# notice.

# %% [markdown] explains="copy_weights"
# Look first, then write. All shapes are compared, as two lists, so that a different *number* of entries is noticed too;
# `zip` alone would stop at the shorter one and say nothing. If you compare while copying, the third layer may be
# refused after two have been overwritten, and `mine` is neither the old network nor the new one.
#
# `state_dict()` hands out the network's own tensors, so `copy_` into them changes the network. It holds buffers as
# well: with the parameters alone, batch norm would keep its own running averages, and the predictions would be nonsense
# without any error. Assigning `theirs`' tensors instead of copying would make the two share memory: training one would
# change the other. Comparing `numel()` is not enough, since (4, 3) and (2, 6) have as many numbers.

# %% [markdown] explains="zero_last_norms"
# `net.modules()` gives `net` itself and everything below, at any depth. A block is recognised by what it *has*: `bn3`,
# or else `bn2`. The nested `getattr` says just that. Asking for torchvision's classes would miss your own; asking for
# `BatchNorm2d` would silence every norm, the stem's too, and then no signal at all gets through.
#
# Only the weight becomes zero, in place. A new `Parameter` would not be known to an optimiser that was made before. It
# must go on requiring a gradient: the slope of the loss with respect to it is not zero (it is multiplied by what the
# convolutions say, not by itself), so the first step wakes the block up. The bias is left alone; a fresh one is 0
# anyway, and in a trained network it is not ours to delete.

# %% [markdown] explains="paths"
# At each block every signal splits into two: one goes past, one goes through. So a list of signals doubles, from [x] to
# $2^n$, and the branch gets each of the signals that arrive *there*. For the branches 2x and 5x of 1, the four are 1,
# 2, 5 and 10. Their sum, 18, is what $(1 + 2)(1 + 5)$ says as well.
#
# Applying every branch to `x` alone would give 1, 2 and 5, and miss the path through both. Signals must not be added on
# the way: the sum of the list is what the network computes, and the list says where it came from. For the lengths, a
# path through exactly k branches chooses k of n: $\binom nk$. `math.comb` is exact; counting $2^{54}$ paths one by one
# would take centuries, and floats round what is above $2^{53}$.
