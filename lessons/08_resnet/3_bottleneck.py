# %% [markdown]
# ## 5 · Many short networks in one
#
# **In this part you will** unroll a network into its paths, train one and take blocks out of it, and build two cheaper
# kinds: the bottleneck and the inception block.
#
# Unroll three blocks (leave out the ReLU after the addition): $y = (1 + F_3)(1 + F_2)(1 + F_1)\,x$. Each block
# doubles the number of paths from start to end: through $F$, or past it. Three blocks have eight paths, $n$ blocks have
# $2^n$:
#
# ```
#    x ──┬──────┬──────┬──────┬──► y        paths through none of them:  1
#        └─ F1 ─┴─ F2 ─┴─ F3 ─┘             through exactly one:         3
#                                           through two:                 3
#                                           through all three:           1
# ```
#
# Veit, Wilber and Belongie (2016) therefore called residual networks **ensembles** of many shallow networks that share
# weights. If every $F$ is linear then $y$ is *exactly* the sum over all the paths. (With ReLUs inside, a path depends
# on what the other paths added to its input, so the picture is only a picture.)
#
# ### Exercise: unroll it
# difficulty 3/5 · 12 minutes · cards: implicit-ensemble, path-count
#
# - `paths(branches, x)`: a list of the $2^n$ signals at the end, one for each path, in any order. `branches` is a list
#   of functions, the first one is met first. The signal that goes past all of them may be `x` itself.
# - `path_lengths(n)`: how many of the $2^n$ paths go through exactly 0, 1, …, n branches,
#   exactly and quickly, also for n = 54.
#
# hint: Every signal that arrives at a block leaves it twice: unchanged, and changed by the branch.
#
# hint: In how many ways can you choose k of n? Look into `math`.


# %% solution="paths" promises="leaves-inputs"
def paths(branches, x: torch.Tensor) -> list[torch.Tensor]:
    """What each path through the blocks delivers, for blocks x + branch(x)."""
    ### BEGIN SOLUTION
    signals = [x]
    for branch in branches:
        signals = signals + [branch(signal) for signal in signals]
    return signals
    ### END SOLUTION


def path_lengths(n: int) -> list[int]:
    """How many paths through n blocks use exactly k branches, for k = 0 to n."""
    ### BEGIN SOLUTION
    return [math.comb(n, k) for k in range(n + 1)]
    ### END SOLUTION


# %% tests="paths" points=4
def examples(rng):
    yield checks.example(paths, {"branches": [lambda x: 2 * x, lambda x: x + 1], "x": rng.tensor(3)})


def times(matrix):
    return lambda x: x @ matrix.T


with checks.check("two branches make four paths", hint="past both, through one, through the other, through both"):
    got = paths([lambda x: 2 * x, lambda x: 5 * x], torch.tensor([1.0]))
    checks.equal(sorted(float(value) for value in got), [1.0, 2.0, 5.0, 10.0])
with checks.check("paths through two blocks by their length", hint="of the four paths, how many use one branch?"):
    checks.equal(list(path_lengths(2)), [1, 2, 1])
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("together they are what the blocks make of x", hint="which branch does a signal meet first?"):
    x, matrices = rng.tensor(4), [rng.tensor(4, 4) for _ in range(rng.integer(3, 5))]
    expected = x
    for matrix in matrices:
        expected = expected + matrix @ expected
    got = list(paths([times(matrix) for matrix in matrices], x))
    checks.equal(len(got), 2 ** len(matrices), what="the number of paths")
    checks.close(sum(got), expected, rtol=1e-4, atol=1e-4 * float(expected.abs().max()))
    start = torch.tensor([1.0])
    got = paths([lambda x: 3 * x, lambda x: x + 100, lambda x: 7 * x], start)
    wanted = [1, 3, 101, 103, 7, 21, 707, 721]
    checks.equal(sorted(float(value) for value in got), [float(value) for value in sorted(wanted)])
    got = paths([lambda x: 2 * x, lambda x: 2 * x], start)
    checks.equal(sorted(float(value) for value in got), [1.0, 2.0, 2.0, 4.0], what="paths of which two are alike")
    checks.equal([float(value) for value in paths([], start)], [1.0], what="the one path where there is no branch")
with checks.check("lengths for any number of blocks", hint="count the subsets of each size; exactly, also for many"):
    checks.equal(list(path_lengths(0)), [1])
    wanted = [1]
    for n in range(1, 71):  # Pascal's triangle
        wanted = [a + b for a, b in zip([0, *wanted], [*wanted, 0], strict=True)]
        if n in (1, rng.integer(5, 9), 12, 33, 60, 70):
            checks.equal(list(path_lengths(n)), wanted)
### END HIDDEN TESTS

# %% [markdown]
# The best network for small pictures in the 2015 paper had 110 layers, in 54 blocks. **Predict:** how many of its
# blocks does a typical path go through?

# %%
lengths = path_lengths(54)
middle = sum(lengths[19:36]) / sum(lengths)
plt.figure(figsize=(6.5, 2.4))
plt.bar(range(55), lengths)
plt.xlabel("branches on the path")
plt.title(f"{middle:.0%} of the paths go through 19 to 35 of the 54 branches", fontsize=10)
plt.tight_layout()

# %% [markdown]
# ## 6 · Train one
#
# For small pictures the paper used a slimmer network: a 3×3 convolution at the start, then three groups of $n$ blocks
# with 16, 32 and 64 channels, $6n + 2$ layers in all. With $n = 3$ that is **ResNet-20**. We start with stride 2, to
# save time, and give it the digits, each batch shifted by up to two pixels at random (what leaves on one side comes in
# on the other, which for digits is bare paper).

# %% setup
train_x, train_y = (t[: 4000 if where.type == "cpu" else None].to(where) for t in (digits.train_x, digits.train_y))
valid_x, valid_y = digits.valid_x.to(where), digits.valid_y.to(where)
train_x, valid_x = train_x[:, None], valid_x[:, None]  # one channel


def right_on(net, x, y):
    """For each picture, whether the network, in evaluation mode, gets it right."""
    net.eval()
    with torch.no_grad():
        return torch.cat([net(xb).argmax(1) for xb in x.split(500)]).eq(y).cpu()


def accuracy(net, x, y):
    """The share of pictures that get the right answer."""
    return right_on(net, x, y).float().mean().item()


def fit(net, x, y, epochs, lr=0.1):
    """Trains all of net in place: SGD with momentum, a learning rate that rises and falls once, shifted pictures."""
    steps = epochs * (len(x) // 64)
    opt = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(opt, max_lr=lr, total_steps=steps)
    net.train()
    for _ in range(steps):
        rows = torch.randint(len(x), (64,), device=x.device)
        shifted = torch.roll(x[rows], torch.randint(-2, 3, (2,)).tolist(), dims=(2, 3))
        loss = F.cross_entropy(net(shifted), y[rows])
        opt.zero_grad()
        loss.backward()
        opt.step()
        schedule.step()


# %%
def resnet20(classes):
    """Stem, three groups of three of your blocks, head; in named parts, so that the head can be replaced."""
    stem = nn.Sequential(nn.Conv2d(1, 16, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU())
    net = nn.Sequential()
    net.add_module("stem", stem)
    for place, (before, after) in enumerate([(16, 16), (16, 32), (32, 64)]):
        net.add_module(f"layer{place + 1}", block_group(ResidualBlock, 3, before, after, min(place + 1, 2)))
    net.add_module("pool", nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()))
    net.add_module("fc", nn.Linear(64, classes))
    return net.to(where)


torch.manual_seed(0)
net = resnet20(10)
zero_last_norms(net)
some = torch.randperm(len(train_x))[: device.budget(len(train_x))]
fit(net, train_x[some], train_y[some], epochs=device.budget(5))
hits["ten digits, ResNet-20"] = right_on(net, valid_x, valid_y)
print(f"{sum(p.numel() for p in net.parameters()):,} parameters, {accuracy(net, valid_x, valid_y):.1%} right")

# %% [markdown]
# If the network is something like an ensemble, then it should survive the loss of one member. Take out one block at a
# time (only the shortcut is left). In a plain network that would be the end. **Predict:** how many of the seven bars
# fall below 90 %?

# %%
few_x, few_y = valid_x[: device.budget(1000)], valid_y[: device.budget(1000)]
skippable = [(group, place) for group in (net.layer1, net.layer2, net.layer3) for place in range(3)]
skippable = [(group, place) for group, place in skippable if group[place].downsample is None]
scores = []
for group, place in skippable:
    whole, group[place] = group[place], nn.Identity()
    scores.append(accuracy(net, few_x, few_y))
    group[place] = whole
plt.figure(figsize=(6.5, 2.4))
plt.bar(range(len(scores)), scores)
plt.axhline(accuracy(net, few_x, few_y), color="grey", linestyle="--", label="with all its blocks")
plt.xlabel("the block without projection that was taken out")
plt.ylabel("accuracy")
plt.legend(loc="lower right")
plt.tight_layout()

# %% [markdown]
# Nine blocks are a small crowd, and not all of its members count the same: the early ones, on which everything else
# builds, are missed badly, the late ones hardly. With the 54 blocks of the 110-layer network, Veit and colleagues could
# take out almost any one without a visible loss, while a plain network fell to the level of guessing.
#
# ## 7 · Cheaper blocks: 1×1 convolutions
#
# More layers and more channels cost more, and the bill is paid in multiplications. A 1×1 convolution looks at one
# pixel and mixes its channels: a small dense layer, used at every pixel. With it you can shrink the number of
# channels, do the expensive work there, and grow them again. That narrow place is called a **bottleneck**.
#
# ### Exercise: what does it cost?
# difficulty 2/5 · 8 minutes · cards: bottleneck-saving, cost-of-depth
#
# Count multiplications, for outputs of size `height` × `width` (padding keeps the size; leave out biases).
#
# - `direct`: one convolution with a square window of side `kernel`.
# - `squeezed`: first a 1×1 convolution to `middle` channels, then the convolution with the window `kernel` from there.
#
# hint: How many numbers does one output look at, and how many outputs are there?


# %% solution="multiplications" promises="numbers"
def direct(height: int, width: int, in_channels: int, out_channels: int, kernel: int) -> int:
    """Multiplications of one convolution that keeps height and width."""
    ### BEGIN SOLUTION
    return height * width * out_channels * in_channels * kernel**2
    ### END SOLUTION


def squeezed(height: int, width: int, in_channels: int, middle: int, out_channels: int, kernel: int) -> int:
    """Multiplications of a 1x1 convolution to `middle` channels and a convolution from there to the end."""
    ### BEGIN SOLUTION
    return height * width * middle * (in_channels + out_channels * kernel**2)
    ### END SOLUTION


# %% tests="multiplications" points=3
def examples(rng):
    yield checks.example(direct, {"height": 2, "width": 3, "in_channels": 4, "out_channels": 5, "kernel": 3})
    sizes = {"height": 2, "width": 3, "in_channels": 4, "middle": 2, "out_channels": 5, "kernel": 3}
    yield checks.example(squeezed, sizes)


def counted(height, width, *layers):
    """What torch's own counter says of some convolutions (in, out, kernel), half of its floating-point operations."""
    from torch.utils.flop_counter import FlopCounterMode

    with torch.device("meta"), FlopCounterMode(display=False) as counter:
        x = torch.zeros(1, layers[0][0], height, width)
        for before, after, kernel in layers:
            x = nn.Conv2d(before, after, kernel, padding=kernel // 2, bias=False)(x)
    return counter.get_total_flops() // 2


with checks.check("a 5×5 convolution, 28×28, from 192 to 32 channels", hint="how many for one number that comes out?"):
    checks.equal(direct(28, 28, 192, 32, 5), 120_422_400)
### BEGIN HIDDEN TESTS
rng = checks.rng()
height, width = rng.integer(5, 9), rng.integer(10, 14)
first, middle, last = rng.integer(15, 20), rng.integer(2, 6), rng.integer(7, 12)
with checks.check("any convolution", hint="outputs times the numbers that each of them looks at"):
    for kernel in (1, 3, 5, 7):
        checks.equal(direct(height, width, first, last, kernel), counted(height, width, (first, last, kernel)))
with checks.check("with a 1×1 layer before it", hint="count both layers; which channels does the second one see?"):
    for kernel in (1, 3, 5, 7):
        checks.equal(
            squeezed(height, width, first, middle, last, kernel),
            counted(height, width, (first, middle, 1), (middle, last, kernel)),
        )
### END HIDDEN TESTS

# %%
whole, narrow = direct(28, 28, 192, 32, 5), squeezed(28, 28, 192, 16, 32, 5)
print(f"directly {whole:,}, through 16 channels {narrow:,}: {whole / narrow:.1f} times cheaper")

# %% [markdown]
# ResNet-50 and deeper ones are made of **bottleneck blocks**: 1×1 down to `width` channels, 3×3 there, 1×1 up to four
# times `width`. Each convolution has its batch norm; ReLU follows the first two, and the addition.
#
# ### Exercise: the bottleneck block
# difficulty 3/5 · 12 minutes · cards: bottleneck-block
#
# Fill the blanks. The stride sits in the 3×3 convolution (the paper had it in the first 1×1; torchvision moved it, and
# calls that ResNet V1.5). Where h / stride is no whole number, it is rounded up. Making a block draws its weights; what
# is said below of traces holds for calls of the block.
#
# hint: Write the number of channels before and after each convolution beside the drawing of section 2 first.


# %% solution="Bottleneck" promises="leaves-inputs, differentiable(x), tensors, no-trace"
class Bottleneck(nn.Module):
    """1x1, 3x3, 1x1 and a shortcut: (batch, in, h, w) -> (batch, 4 * width, h / stride, w / stride)."""

    def __init__(self, in_channels: int, width: int, stride: int = 1):
        super().__init__()
        out_channels = 4 * width  # ? 4 * width
        self.conv1 = nn.Conv2d(in_channels, width, 1, bias=False)  # ? width | 1
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, padding=1, bias=False)  # ? 3 | stride | padding=1
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, out_channels, 1, bias=False)  # ? width | out_channels
        self.bn3 = nn.BatchNorm2d(out_channels)  # ? out_channels
        self.downsample = None
        if stride != 1 or in_channels != out_channels:
            self.downsample = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, stride, bias=False),  # ? in_channels
                nn.BatchNorm2d(out_channels),
            )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = F.relu(self.bn1(self.conv1(x)))
        out = F.relu(self.bn2(self.conv2(out)))  # ? relu | bn2
        out = self.bn3(self.conv3(out))  # ? bn3(self.conv3(out))
        shortcut = x if self.downsample is None else self.downsample(x)
        return F.relu(out + shortcut)  # ? out + shortcut


# %% tests="Bottleneck" points=4
def examples(rng):
    for sizes in ((8, 2, 1), (3, 2, 2)):
        block = checks.on_student_side(away_from_kinks, Bottleneck, *sizes)
        yield checks.example(block, {"x": rng.tensor(2, sizes[0], 4, 4, dtype=torch.float64)})


def run_bottleneck(block, sizes, state, x, training):
    """The output of a student's block with these weights, its gradients, and more.

    The last two are x after a call that records nothing, and the running statistics before that.
    """
    import torch

    net = block(*sizes)
    net.load_state_dict(state)
    net.train(training)
    x = x.clone().requires_grad_()
    out = net(x)
    if out.requires_grad:
        (out * torch.linspace(-1, 1, out.numel()).reshape(out.shape)).sum().backward()
    running = {name: value.clone() for name, value in net.state_dict().items() if "running" in name}
    after = x.detach().clone()
    with torch.no_grad():
        net.eval()(after)
    return out.detach(), {name: p.grad for name, p in net.named_parameters()} | {"x": x.grad}, after, running


def torchvision_bottleneck(in_channels, width, stride=1):
    """torchvision's block, and beside it the projection where the sizes need one."""
    shortcut = None
    if (in_channels, stride) != (4 * width, 1):
        shortcut = nn.Sequential(nn.Conv2d(in_channels, 4 * width, 1, stride, bias=False), nn.BatchNorm2d(4 * width))
    return torchvision.models.resnet.Bottleneck(in_channels, width, stride, shortcut)


def agrees(sizes, rng, training=False):
    """Compares a student's block with torchvision's, on the same weights and pictures."""
    reference = torchvision_bottleneck(*sizes)
    state, x = random_state(reference, rng), 9 * rng.tensor(3, sizes[0], *rng.choice([(6, 8), (5, 9)]))
    expected, slopes, _, running = run_bottleneck(lambda *_: reference, sizes, state, x, training)
    got, found, after, mine = checks.on_student_side(run_bottleneck, Bottleneck, sizes, state, x, training)
    checks.close(got, expected, rtol=1e-4, atol=1e-4 * float(expected.max()))
    for name, slope in slopes.items():
        checks.true(found[name] is not None, f"no gradient reaches {name}")
        checks.close(
            found[name], slope, rtol=1e-3, atol=1e-3 * float(slope.abs().max()), what=f"the gradient of {name}"
        )
    checks.close(after, x, what="the input after a call under no_grad")
    for name, value in running.items():
        checks.close(mine[name], value, rtol=1e-4, atol=1e-4 * float(value.abs().max()), what=name)


rng = checks.rng()
with checks.check("8 channels in and out, 2 in between", hint="which convolution is 3×3? What follows each of them?"):
    agrees((8, 2, 1), rng)
with checks.check("12 channels out of 6, at half the size", hint="which convolution and which way take the stride?"):
    agrees((6, 3, 2), rng)
### BEGIN HIDDEN TESTS
width = rng.integer(2, 4)
with checks.check("any sizes", hint="is a projection needed when only the size changes, or only the channels?"):
    agrees((4 * width, width, 2), rng)
    agrees((width, width, 1), rng)
    agrees((width + 1, width), rng)
    agrees((4 * width + 1, width), rng)
    agrees((width, width, 3), rng)
with checks.check("in training too", hint="three convolutions, three norms, each used once"):
    agrees((4 * width, width, 1), rng, training=True)
    agrees((2 * width, width, 2), rng, training=True)
### END HIDDEN TESTS

# %% [markdown]
# Another way to spend a budget came a year earlier, in GoogLeNet: why choose between windows of 1×1, 3×3 and 5×5, and
# pooling? An **inception block** does all four side by side and lays the results on top of each other, channel after
# channel. 1×1 convolutions go before the large windows and keep them cheap, and one follows the pooling.
#
# ```
#          ┌─► one (1×1) ─────────────────────────────┐
#          ├─► three_in (1×1) ─► three_out (3×3) ─────┤
#    x ────┤                                          ├──► concatenate the channels
#          ├─► five_in (1×1) ──► five_out (5×5) ──────┤
#          └─► max pool 3×3, stride 1 ─► pooled (1×1) ┘
# ```
#
# ### Exercise: four ways at once
# difficulty 3/5 · 12 minutes · cards: inception-parts, inception-why
#
# Fill the blanks. A ReLU follows every convolution. Every way keeps height and width: convolutions pad with zeros, and
# the frame of the pooling never wins against a real number. (Traces: making the block may draw weights, calling it not.)
#
# hint: By how much does a window of side k shrink the picture without padding? And which axis counts channels?


# %% solution="Inception" promises="leaves-inputs, differentiable(x), tensors, no-trace"
class Inception(nn.Module):
    """(batch, in, h, w) -> (batch, one + three + five + pooled, h, w); three and five are pairs (middle, out)."""

    def __init__(self, in_channels: int, one: int, three: tuple[int, int], five: tuple[int, int], pooled: int):
        super().__init__()
        self.one = nn.Conv2d(in_channels, one, 1)
        self.three_in = nn.Conv2d(in_channels, three[0], 1)  # ? in_channels | three[0]
        self.three_out = nn.Conv2d(three[0], three[1], 3, padding=1)  # ? three[0] | three[1] | 1@2
        self.five_in = nn.Conv2d(in_channels, five[0], 1)  # ? 1
        self.five_out = nn.Conv2d(five[0], five[1], 5, padding=2)  # ? 5 | 2
        self.pooled = nn.Conv2d(in_channels, pooled, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        one = F.relu(self.one(x))
        three = F.relu(self.three_out(F.relu(self.three_in(x))))
        five = F.relu(self.five_out(F.relu(self.five_in(x))))  # ? five_out | relu@2
        pooled = F.relu(self.pooled(F.max_pool2d(x, 3, stride=1, padding=1)))  # ? max_pool2d | stride=1 | padding=1
        return torch.cat([one, three, five, pooled], dim=1)  # ? cat | dim=1


# %% tests="Inception" points=4
def examples(rng):
    block = checks.on_student_side(away_from_kinks, Inception, 2, 2, (2, 2), (2, 2), 2)
    apart = rng.permutation(80).double().reshape(2, 2, 4, 5) / 40 - 1  # no two alike: the largest stays the largest
    yield checks.example(block, {"x": apart})


def run_inception(inception, sizes, state, x):
    """The output of a student's block with these weights, its gradients, and x after a call that records nothing."""
    import torch

    net = inception(*sizes)
    net.load_state_dict(state)
    x = x.clone().requires_grad_()
    out = net(x)
    if out.requires_grad:
        out.square().sum().backward()
    after = x.detach().clone()
    with torch.no_grad():
        net(after)
    return out.detach(), x.grad, {name: p.grad for name, p in net.named_parameters()}, after


def random_inception(rng, n, one, three, five, pooled):
    """Weights of every part, random."""
    shapes = {
        "one": (one, n, 1), "three_in": (three[0], n, 1), "three_out": (three[1], three[0], 3),
        "five_in": (five[0], n, 1), "five_out": (five[1], five[0], 5), "pooled": (pooled, n, 1),
    }  # fmt: skip
    state = {}
    for name, (out, before, side) in shapes.items():
        state[f"{name}.weight"], state[f"{name}.bias"] = rng.tensor(out, before, side, side), rng.tensor(out)
    return state


def patch(state, name, x):
    """One convolution and its ReLU, by cutting the picture into windows and a matrix product."""
    weight, bias = state[f"{name}.weight"], state[f"{name}.bias"]
    side = weight.shape[-1]
    windows = F.unfold(x, side, padding=side // 2)
    return (weight.flatten(1) @ windows + bias[:, None]).clamp(min=0).unflatten(2, x.shape[2:])


def four_ways(state, x):
    """What each of the four ways delivers."""
    padded = F.pad(x, (1, 1, 1, 1), value=-math.inf)
    largest = padded.unfold(2, 3, 1).unfold(3, 3, 1).amax((-1, -2))
    three, five = (patch(state, f"{way}_out", patch(state, f"{way}_in", x)) for way in ("three", "five"))
    return [patch(state, "one", x), three, five, patch(state, "pooled", largest)]


rng = checks.rng()
sizes = (3, 2, (2, 3), (2, 4), 1)
with checks.check("ten channels of the same height and width", hint="2 + 3 + 4 + 1: which padding for each window?"):
    state, x = random_inception(rng, *sizes), rng.tensor(2, 3, 6, 7)
    checks.shape(checks.on_student_side(run_inception, Inception, sizes, state, x)[0], 2, 10, 6, 7)
### BEGIN HIDDEN TESTS
n, a, b, c, d = (rng.integer(2, 5) for _ in range(5))
sizes = (n, a, (b, c), (d, b + 1), c + 1)
with checks.check("each of the four ways", hint="follow the drawing; a ReLU after every convolution; which pooling?"):
    state, x = random_inception(rng, *sizes), 9 * rng.tensor(3, n, 5, 8)
    got, slope, slopes, after = checks.on_student_side(run_inception, Inception, sizes, state, x)
    x = x.clone().requires_grad_()
    expected = torch.cat(four_ways(state, x), dim=1)
    expected.square().sum().backward()
    checks.close(got, expected.detach(), rtol=1e-4, atol=1e-4 * float(expected.max()))
    checks.true(slope is not None, "no gradient gets back to the input")
    checks.close(slope, x.grad, rtol=1e-3, atol=1e-3 * float(x.grad.abs().max()), what="the gradient of x")
    checks.true(all(grad is not None for grad in slopes.values()), "no gradient reaches some of the weights")
    checks.close(after, x.detach(), what="the input after a call under no_grad")
with checks.check("negative pictures: the frame of the pooling never wins", hint="what does padding put around x?"):
    state, x = random_inception(rng, *sizes), rng.tensor(2, n, 5, 6) - 2
    state["pooled.bias"] = torch.full((c + 1,), 3.0 * n)  # lets everything through its ReLU
    got = checks.on_student_side(run_inception, Inception, sizes, state, x)[0]
    checks.close(got, torch.cat(four_ways(state, x), dim=1), rtol=1e-4, atol=1e-4 * n)
    state["pooled.weight"] = -state["pooled.weight"].abs() - 0.1  # numbers far below zero get through as well
    got = checks.on_student_side(run_inception, Inception, sizes, state, 1e12 * x)[0]
    checks.close(got[:, -c - 1 :] / 1e12, four_ways(state, 1e12 * x)[-1] / 1e12, rtol=1e-4, atol=1e-4)
with checks.check("a picture that is one pixel high", hint="every way must keep the size, whatever it is"):
    state, x = random_inception(rng, *sizes), rng.tensor(1, n, 1, 9) - 2
    got = checks.on_student_side(run_inception, Inception, sizes, state, x)[0]
    expected = torch.cat(four_ways(state, x), dim=1)
    checks.close(got, expected, rtol=1e-4, atol=1e-4 * float(expected.max()))
### END HIDDEN TESTS

# %% [markdown]
# **Now you can** train residual networks, count what a block costs, and read the drawings of two famous families.
# *Further reading:* He and others, *Deep Residual Learning* (2015), section 4.2; Veit, Wilber and Belongie, *Residual
# Networks Behave Like Ensembles of Relatively Shallow Networks* (2016); Szegedy and others, *Going Deeper with
# Convolutions* (2014).
