# %% [markdown]
# ## 7 · Train one
#
# **In this part you will** train a residual network and take blocks out of it, build two cheaper kinds of blocks, and take a
# trained network from the shelf.
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
some = torch.randperm(len(train_x))[: device.budget(len(train_x), 20)]
fit(net, train_x[some], train_y[some], epochs=device.budget(5))
hits["ten digits, ResNet-20"] = right_on(net, valid_x, valid_y)
print(f"{sum(p.numel() for p in net.parameters()):,} parameters, {accuracy(net, valid_x, valid_y):.1%} right")

# %% [markdown]
# If the network is something like an ensemble, then it should survive the loss of one member. Take out one block at a
# time (only the shortcut is left). In a plain network that would be the end. **Predict:** how many of the seven bars
# fall below 90 %?

# %%
few_x, few_y = valid_x[: device.budget(1000, 20)], valid_y[: device.budget(1000, 20)]
skippable = [(group, place) for group in (net.layer1, net.layer2, net.layer3) for place in range(3)]
skippable = [(group, place) for group, place in skippable if group[place].downsample is None]
scores = []
for group, place in skippable:
    whole, group[place] = group[place], nn.Identity()
    scores.append(accuracy(net, few_x, few_y))
    group[place] = whole
figure, axis = plt.subplots(figsize=(6.5, 2.4))
axis.bar(range(len(scores)), scores)
axis.axhline(accuracy(net, few_x, few_y), color="grey", linestyle="--", label="with all its blocks")
axis.set(xlabel="the block without projection that was taken out", ylabel="accuracy")
axis.legend(loc="lower right")
figure.tight_layout()

# %% [markdown]
# Nine blocks are a small crowd, and not all of its members count the same: the early ones, on which everything else
# builds, are missed badly, the late ones hardly. With the 54 blocks of the 110-layer network, Veit and colleagues could
# take out almost any one without a visible loss, while a plain network fell to the level of guessing.
#
# ## 8 · Cheaper blocks: 1×1 convolutions
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
size = rng.integer(5, 9), rng.integer(10, 14)
first, middle, last = rng.integer(15, 20), rng.integer(2, 6), rng.integer(7, 12)
with checks.check("any convolution", hint="outputs times the numbers that each of them looks at"):
    for kernel in (1, 3, 5, 7):
        checks.equal(direct(*size, first, last, kernel), counted(*size, (first, last, kernel)))
with checks.check("with a 1×1 layer before it", hint="count both layers; which channels does the second one see?"):
    for kernel in (1, 3, 5, 7):
        right = counted(*size, (first, middle, 1), (middle, last, kernel))
        checks.equal(squeezed(*size, first, middle, last, kernel), right)
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


# %% solution="Bottleneck" promises="leaves-inputs, differentiable(x), tensor, no-trace"
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


def agrees(before, width, stride=1, training=False):
    """Compares a block with torchvision's, which gets a projection where the sizes need one."""
    projection = nn.Sequential(nn.Conv2d(before, 4 * width, 1, stride, bias=False), nn.BatchNorm2d(4 * width))
    needed = (before, stride) != (4 * width, 1)
    theirs = torchvision.models.resnet.Bottleneck(before, width, stride, projection if needed else None)
    sizes = (before, width) if stride == 1 else (before, width, stride)
    x = 9 * rng.tensor(3, before, *rng.choice([(6, 8), (5, 9)]))
    same_as(theirs, Bottleneck, sizes, random_state(theirs, rng), x, training)


rng = checks.rng()
with checks.check("8 channels in and out, 2 in between", hint="which convolution is 3×3? What follows each of them?"):
    agrees(8, 2)
with checks.check("12 channels out of 6, at half the size", hint="which convolution and which way take the stride?"):
    agrees(6, 3, 2)
### BEGIN HIDDEN TESTS
width = rng.integer(2, 4)
with checks.check("any sizes", hint="is a projection needed when only the size changes, or only the channels?"):
    for before, stride in ((4 * width, 2), (width, 1), (width + 1, 1), (4 * width + 1, 1), (width, 3)):
        agrees(before, width, stride)
with checks.check("in training too", hint="three convolutions, three norms, each used once"):
    agrees(4 * width, width, training=True)
    agrees(2 * width, width, 2, training=True)
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
# the frame of the pooling never wins against a real number. (Traces: making the block may draw weights; calling it must not.)
#
# hint: By how much does a window of side k shrink the picture without padding? And which axis counts channels?


# %% solution="Inception" promises="leaves-inputs, differentiable(x), tensor, no-trace"
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


class FourWays(nn.Module):
    """The same by cutting the picture into windows, and a matrix product for each convolution."""

    def __init__(self, n, one, three, five, pooled):
        super().__init__()
        convs = {"one": (n, one, 1), "three_in": (n, three[0], 1), "three_out": (*three, 3), "pooled": (n, pooled, 1)}
        for name, sizes in {**convs, "five_in": (n, five[0], 1), "five_out": (*five, 5)}.items():
            self.add_module(name, nn.Conv2d(*sizes))

    def way(self, name, x):
        layer = self.get_submodule(name)
        windows = F.unfold(x, layer.kernel_size, padding=layer.kernel_size[0] // 2)
        return (layer.weight.flatten(1) @ windows + layer.bias[:, None]).clamp(min=0).unflatten(2, x.shape[2:])

    def forward(self, x):
        largest = F.pad(x, (1, 1, 1, 1), value=-math.inf).unfold(2, 3, 1).unfold(3, 3, 1).amax((-1, -2))
        three, five = (self.way(f"{name}_out", self.way(f"{name}_in", x)) for name in ("three", "five"))
        return torch.cat([self.way("one", x), three, five, self.way("pooled", largest)], dim=1)


rng = checks.rng()
with checks.check("ten channels of the same height and width", hint="2 + 3 + 4 + 1: which padding for each window?"):
    sizes = (3, 2, (2, 3), (2, 4), 1)
    state, x = random_state(FourWays(*sizes), rng), rng.tensor(2, 3, 6, 7)
    checks.shape(checks.on_student_side(run_with, Inception, sizes, state, x)[0], 2, 10, 6, 7)
### BEGIN HIDDEN TESTS
n, a, b, c, d = (rng.integer(2, 5) for _ in range(5))
sizes = (n, a, (b, c), (d, b + 1), c + 1)
ways = FourWays(*sizes)
with checks.check("each of the four ways", hint="follow the drawing; a ReLU after every convolution; which pooling?"):
    same_as(ways, Inception, sizes, random_state(ways, rng), 9 * rng.tensor(3, n, 5, 8))
with checks.check("negative pictures: the frame of the pooling never wins", hint="what does padding put around x?"):
    state, x = random_state(ways, rng), rng.tensor(2, n, 5, 6) - 2
    state["pooled.bias"] = torch.full((c + 1,), 3.0 * n)  # lets everything through its ReLU
    same_as(ways, Inception, sizes, state, x)
    state["pooled.weight"] = -state["pooled.weight"].abs() - 0.1  # numbers far below zero get through as well
    ways.load_state_dict(state)
    got, right = checks.on_student_side(run_with, Inception, sizes, state, 1e12 * x)[0], ways(1e12 * x).detach()
    checks.close(got[:, -c - 1 :] / 1e12, right[:, -c - 1 :] / 1e12, rtol=1e-4, atol=1e-4)
with checks.check("a picture that is one pixel high", hint="every way must keep the size, whatever it is"):
    same_as(ways, Inception, sizes, random_state(ways, rng), rng.tensor(1, n, 1, 9) - 2)
### END HIDDEN TESTS

# %% [markdown]
# *Further reading:* He and others, *Deep Residual Learning* (2015), section 4.2; Szegedy and others, *Going Deeper with
# Convolutions* (2014).
#
# ## 9 · Stand on somebody's shoulders
#
# Training ResNet-50 on a million photographs takes many hours, even on a good GPU (in 2015 it was weeks on one). You
# hardly ever have to. Its first layers have learnt edges, colours and textures, which are of use for nearly any
# picture. So people take a **pretrained** network, replace the last layer (the **head**), and train a little:
# **fine-tuning**. In torchvision:
#
# ```python
# weights = torchvision.models.ResNet18_Weights.DEFAULT  # the best that torchvision has
# net = torchvision.models.resnet18(weights=weights)     # downloads them, at the first time
# net = torchvision.models.resnet18(weights=None)        # random weights: predictions are noise until it is trained
# ```
#
# (You will still see `pretrained=True` in older code. It is deprecated since torchvision 0.13: still accepted, with a
# warning that it may be removed; `weights=` replaced it.)
# What the published weights reach is written down beside them, and can be read without a download:

# %%
for name in ("alexnet", "vgg16", "squeezenet1_0", "resnet18", "resnet34", "resnet50"):
    weights = torchvision.models.get_model_weights(name).IMAGENET1K_V1
    score, size = weights.meta["_metrics"]["ImageNet-1K"]["acc@1"], weights.meta["num_params"]
    print(f"{name:15}{size:>13,} parameters{score:8.2f} % of ImageNet's validation pictures right")

# %% [markdown]
# Your ResNet-18 has torchvision's names, so it can take those very weights. We download nothing behind your back: if
# the weights are on this machine already, the next cell lets *your* network look at a photograph of Grace Hopper in her
# uniform; if not, it says how to fetch them. **Predict** what it sees.

# %%
from pathlib import Path

from matplotlib import cbook
from PIL import Image

published_weights = torchvision.models.ResNet18_Weights.IMAGENET1K_V1
cached = Path(torch.hub.get_dir(), "checkpoints", published_weights.url.rsplit("/", 1)[-1])
if cached.is_file():
    own = ResNet(partial(block_group, ResidualBlock), (2, 2, 2, 2)).eval()
    own.load_state_dict(torch.load(cached, weights_only=True))
    photo = Image.open(cbook.get_sample_data("grace_hopper.jpg", asfileobj=False))
    with torch.no_grad():
        sure, classes = own(published_weights.transforms()(photo)[None]).softmax(dim=1)[0].topk(3)
    for p, number in zip(sure.tolist(), classes.tolist(), strict=True):
        print(f"{p:6.1%} {published_weights.meta['categories'][number]}")
else:
    print("No ResNet-18 weights on this machine, so your network is not asked. To fetch 45 MB and run this again:")
    print("torchvision.models.resnet18(weights=published_weights)")

# %% [markdown]
# ### Exercise: take it from the shelf
# difficulty 2/5 · 10 minutes · cards: load-pretrained, weights-none, replace-fc, sgd-steplr, criterion
#
# Fill the blanks. `prepare` makes everything that a training loop needs: a ResNet-18 with the weights that are asked
# for and a new head, the cross-entropy as loss function (PyTorch's module or its function), SGD with momentum 0.9 for
# *all* its parameters, and a schedule that divides the learning rate by 10 after every seven epochs. (`StepLR` in
# `torch.optim.lr_scheduler` multiplies it by `gamma` after every `step_size` epochs; any scheduler that comes to the
# same will do.) What each call draws are the weights that are not loaded, those of the new head at least.
#
# hint: Which parameters does the optimiser have to know, and when must the new head be there for that?


# %% solution="prepare" promises="random"
def prepare(weights, classes: int, lr: float):
    """A ResNet-18 for so many classes, its loss function, its optimiser and its schedule."""
    net = torchvision.models.resnet18(weights=weights)  # ? torchvision | models | resnet18 | weights@2
    net.fc = nn.Linear(net.fc.in_features, classes)  # ? fc@1 | in_features | classes
    loss_func = nn.CrossEntropyLoss()  # ? CrossEntropyLoss
    optimizer = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)  # ? SGD | parameters | momentum
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=7, gamma=0.1)  # ? optimizer | 7 | 0.1
    return net, loss_func, optimizer, scheduler


# %% tests="prepare" points=4
def fresh_head_of(prepare):
    """The numbers of the new head."""
    from course.checks.sparing import unfilled

    with unfilled():  # the head is small
        return prepare(None, 3, 0.1)[0].fc.weight.detach()


def examples(rng):
    yield checks.example(lambda: checks.on_student_side(fresh_head_of, prepare))


def scores_of(prepare, classes):
    """The shape of what the net says of two pictures."""
    import torch

    from course.checks.sparing import unfilled

    with unfilled(on="meta"):  # shapes without numbers, which cost little
        return tuple(prepare(None, classes, 0.1)[0](torch.zeros(2, 3, 64, 64)).shape)


def facts(prepare, classes, lr, epochs):
    """The size of the net, how much of it the optimiser knows, its settings, its learning rates by epoch."""
    import torch

    from course.checks.sparing import unfilled

    with unfilled(on="meta"):
        net, _, optimizer, scheduler = prepare(None, classes, lr)
    known = [p for group in optimizer.param_groups for p in group["params"]]
    missing = {id(p) for p in net.parameters()} - {id(p) for p in known}
    rates = []
    for _ in range(epochs):
        rates.append(sorted({group["lr"] for group in optimizer.param_groups}))
        optimizer.step()
        scheduler.step()
    names = ("momentum", "dampening", "weight_decay", "nesterov", "maximize")
    settings = [{name: float(group[name]) for name in names} for group in optimizer.param_groups]
    counts = {"given to the optimiser": len(known), "of the network, but unknown to it": len(missing)}
    counts["frozen"] = sum(not p.requires_grad for p in net.parameters())
    return sum(p.numel() for p in net.parameters()), counts, settings, rates


def said(prepare, features, scores, labels):
    """What the new head makes of these numbers, with random weights, and what the loss function says of scores."""
    import torch

    from course.checks.sparing import unfilled

    with unfilled(on="meta"):
        net, loss_func, *_ = prepare(None, 3, 0.1)
    head = net.fc.to_empty(device="cpu").eval()
    for p in head.parameters():
        torch.nn.init.uniform_(p, -1, 1)
    return head(features).detach(), loss_func(scores, labels)


with checks.check("one score for each class", hint="how many numbers enter the old head, how many leave the new one?"):
    checks.equal(checks.on_student_side(scores_of, prepare, 2), (2, 2))
    size, *_ = checks.on_student_side(facts, prepare, 2, 0.1, 1)
    checks.equal(size, 11_689_512 - 1000 * 513 + 2 * 513)
### BEGIN HIDDEN TESTS
rng = checks.rng()
classes, lr = rng.integer(3, 8), rng.uniform(0.01, 0.1)
with checks.check("the weights that were asked for", hint="does torchvision get to see the argument?"):
    checks.equal(checks.on_student_side(scores_of, prepare, classes), (2, classes))
    checks.raises((KeyError, ValueError, TypeError), prepare, "no such weights", classes, lr)
with checks.check(
    "the optimiser knows every parameter once", hint="all of them, the new head too; made before it or after?"
):
    _, known, settings, _ = checks.on_student_side(facts, prepare, classes, lr, 1)
    checks.equal(known, {"given to the optimiser": 62, "of the network, but unknown to it": 0, "frozen": 0})
    for found in settings:
        checks.equal(found, {"momentum": 0.9, "dampening": 0.0, "weight_decay": 0.0, "nesterov": 0.0, "maximize": 0.0})
with checks.check("schedule and loss", hint="a tenth after every seven epochs; scores, not probabilities, go in"):
    rates = checks.on_student_side(facts, prepare, classes, lr, 60)[-1]
    checks.close(rates, [[lr * 0.1 ** (epoch // 7)] for epoch in range(60)], rtol=1e-6, atol=0, what="rates by epoch")
    scores, labels = rng.tensor(9, 4), rng.integers(9, low=0, high=3)
    out, loss = checks.on_student_side(said, prepare, 9 * rng.tensor(20, 512), scores, labels)
    checks.true(float(out.max()) > 1, "the head should deliver scores, which may be larger than 1, not probabilities")
    checks.true(float(out.min()) < 0, "the head should deliver scores, which may be negative")
    checks.close(loss, F.cross_entropy(scores, labels), rtol=1e-4)
### END HIDDEN TESTS

# %% [markdown]
# **Now you can** train residual networks, count what a block costs, read the drawings of two famous families, and take a
# trained network from the shelf. *Further reading:* [torchvision: models and
# weights](https://pytorch.org/vision/stable/models.html).
