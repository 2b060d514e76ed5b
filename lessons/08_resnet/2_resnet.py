# %% [markdown]
# ## 4 · ResNet-34
#
# **In this part you will** write ResNet-34, load weights across names, start blocks as the identity, and unroll them.
#
# The whole network, for a colour picture of 224×224. ResNet-18 has (2, 2, 2, 2) blocks, ResNet-34 (3, 4, 6, 3). Count
# the layers with weights on the main path: one convolution, two in each block, one dense layer: 1 + 2 · 16 + 1 = 34.
#
# | part | what it is | leaves |
# |---|---|---|
# | `conv1`, `bn1` | 7×7 convolution to 64 channels, stride 2, padding 3, no bias; batch norm; ReLU | 64 × 112 × 112 |
# | | max pooling, window 3, stride 2, padding 1 | 64 × 56 × 56 |
# | `layer1` | group of `n_blocks[0]` blocks, 64 channels, first stride 1 | 64 × 56 × 56 |
# | `layer2` | group of `n_blocks[1]` blocks to 128 channels, first stride 2 | 128 × 28 × 28 |
# | `layer3` | group of `n_blocks[2]` blocks to 256 channels, first stride 2 | 256 × 14 × 14 |
# | `layer4` | group of `n_blocks[3]` blocks to 512 channels, first stride 2 | 512 × 7 × 7 |
# | | the mean of each channel over all its pixels (global average pooling) | 512 |
# | `fc` | dense layer to `classes` scores | 1000 |
#
# ### Exercise: the whole network
# difficulty 4/5 · 20 minutes · cards: resnet-plan, resnet-sizes, milestones
#
# Write it with the names in the table. A call of `group(n_blocks, in_channels, out_channels, first_stride)` makes a
# group of blocks. The network must take pictures of any size that is not tiny, so let the last mean adapt.
#
# hint: `x.mean(dim=(2, 3))`, or `nn.AdaptiveAvgPool2d(1)` and `flatten(1)`.


# %% solution="ResNet" promises="leaves-inputs"
class ResNet(nn.Module):
    """A residual network for colour pictures: (batch, 3, h, w) -> (batch, classes)."""

    def __init__(self, group, n_blocks: tuple[int, int, int, int], classes: int = 1000):
        super().__init__()
        ### BEGIN SOLUTION
        self.conv1 = nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.layer1 = group(n_blocks[0], 64, 64, 1)
        self.layer2 = group(n_blocks[1], 64, 128, 2)
        self.layer3 = group(n_blocks[2], 128, 256, 2)
        self.layer4 = group(n_blocks[3], 256, 512, 2)
        self.fc = nn.Linear(512, classes)
        ### END SOLUTION

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        ### BEGIN SOLUTION
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), kernel_size=3, stride=2, padding=1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean(dim=(2, 3)))
        ### END SOLUTION


# %% tests="ResNet" points=6
def scores_of(make, x):
    """The scores of a network whose groups are single convolutions."""
    from torch.nn import Conv2d

    conv = lambda n_blocks, in_channels, out_channels, first_stride: Conv2d(in_channels, out_channels, 1, first_stride)
    return make(conv, (1, 1, 1, 1), 3)(x)


def examples(rng):
    scores = lambda x: checks.on_student_side(scores_of, ResNet, x)
    yield checks.example(scores, {"x": rng.tensor(2, 3, 33, 40)})


def try_resnet(make, n_blocks, classes, seed, x):
    """Parameters, groups that were asked for, scores with torchvision's groups; without a seed their shape alone."""
    import copy

    import torch
    from torchvision.models import resnet

    from course.checks.sparing import unfilled

    asked = []
    with torch.random.fork_rng(devices=[]), torch.enable_grad() if seed else unfilled():
        torch.manual_seed(seed)
        theirs = resnet.ResNet(resnet.BasicBlock, list(n_blocks), num_classes=classes)
        for name, value in theirs.state_dict().items() if seed else ():
            if "bn" in name and value.is_floating_point():
                value.uniform_(0.5, 1.5)

        def group(n_blocks, in_channels, out_channels, first_stride):
            asked.append([n_blocks, in_channels, out_channels, first_stride])
            layer = getattr(theirs, f"layer{1 + [64, 128, 256, 512].index(out_channels)}")
            return copy.deepcopy(layer) if seed else layer

        net = make(group, n_blocks, classes)
        net.load_state_dict(theirs.state_dict())
        scores = net.eval()(x)
        if scores.requires_grad and seed:
            scores.sum().backward()
            net.train()(10 * x)
    asked.sort(key=lambda sizes: sizes[2])
    count = sum(p.numel() for p in net.parameters())
    if not seed:
        return count, asked, tuple(scores.shape)
    return count, asked, scores.detach(), net.conv1.weight.grad, net.bn1.running_var


shapes = (0, torch.zeros(1, 3, 64, 64))
with checks.check("ResNet-18 has 11,689,512 parameters", hint="compare your parameters' shapes with torchvision's"):
    count, _, shape = checks.on_student_side(try_resnet, ResNet, (2, 2, 2, 2), 1000, *shapes)
    checks.equal(count, 11_689_512)
    checks.equal(shape, (1, 1000))
with checks.check("its groups", hint="n_blocks, channels in, channels out, stride of the first block"):
    _, asked, _ = checks.on_student_side(try_resnet, ResNet, (2, 2, 2, 2), 1000, *shapes)
    checks.equal(asked, [[2, 64, 64, 1], [2, 64, 128, 2], [2, 128, 256, 2], [2, 256, 512, 2]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
classes, seed = rng.integer(3, 9), rng.integer(1, 10**6)
with checks.check("ResNet-34, with any number of classes", hint="does each group have its own number of blocks?"):
    count, asked, _ = checks.on_student_side(try_resnet, ResNet, (3, 4, 6, 3), classes, *shapes)
    checks.equal(count, 21_797_672 - 1000 * 513 + classes * 513)  # torchvision's, with another head
    checks.equal(asked, [[3, 64, 64, 1], [4, 64, 128, 2], [6, 128, 256, 2], [3, 256, 512, 2]])
    order = [1 + int(n) for n in rng.permutation(4)]  # no two groups alike
    _, asked, _ = checks.on_student_side(try_resnet, ResNet, tuple(order), classes, *shapes)
    checks.equal([sizes[0] for sizes in asked], order, what="the numbers of blocks")
with checks.check("with torchvision's weights the same scores", points=3, hint="go through the table line by line"):
    given = ((1, 1, 1, 1), classes, seed, 9 * rng.tensor(2, 3, 40, 72))
    resnet = torchvision.models.resnet
    theirs = lambda _, n_blocks, classes: resnet.ResNet(resnet.BasicBlock, list(n_blocks), classes)
    *_, expected, slope, spread = try_resnet(theirs, *given)
    *_, got, found, moved = checks.on_student_side(try_resnet, ResNet, *given)
    checks.close(got, expected, rtol=1e-5, atol=1e-5 * max(1.0, float(expected.abs().max())))
    checks.true(found is not None, "no gradient reaches the first convolution")
    checks.close(found, slope, rtol=1e-2, atol=1e-3 * float(slope.abs().max()), what="the first layer's gradient")
    checks.close(moved, spread, rtol=1e-3, what="bn1.running_var after a batch in training mode")
### END HIDDEN TESTS

# %% [markdown]
# Now the proof that it *is* the same network: count, and load torchvision's `state_dict`, a dict from the name of
# each parameter and buffer to its tensor (random, no download). **Predict** how many digits of the outputs agree.

# %%
group = partial(block_group, ResidualBlock)
with torch.device("meta"):  # tensors with a shape and no numbers: they cost nothing, and counting needs no more
    for name, n_blocks in {"resnet18": (2, 2, 2, 2), "resnet34": (3, 4, 6, 3)}.items():
        theirs, mine = torchvision.models.get_model(name, weights=None), ResNet(group, n_blocks)
        counts = [sum(p.numel() for p in net.parameters()) for net in (theirs, mine)]
        print(f"{name}: torchvision {counts[0]:,}, yours {counts[1]:,}")

# %%
torch.manual_seed(0)
theirs, mine = torchvision.models.resnet18(weights=None).eval(), ResNet(group, (2, 2, 2, 2)).eval()
print(mine.load_state_dict(theirs.state_dict()))
with torch.no_grad():
    pictures = torch.randn(4, 3, 64, 64)
    gap = (mine(pictures) - theirs(pictures)).abs().max().item()
print(f"largest difference of any score: {gap:.1e}")
assert gap < 1e-5

# %% [markdown]
# `load_state_dict` goes by name, and it is strict: a missing name, one too many, or another shape is an error. That
# is why we took over torchvision's names. A `state_dict` holds more than parameters: the running mean and variance of
# every batch norm are **buffers**, which no optimiser touches and without which the predictions would be nonsense.
#
# ### Exercise: load across, whatever the names
# difficulty 3/5 · 12 minutes · cards: state-dict, buffers, load-across
#
# Two networks are built alike: the entries of their `state_dict()` come in the same order with the same shapes, under
# other names. Copy all the numbers from `theirs` into the tensors that `mine` already has. If there are more or fewer
# entries, or one shape differs, raise a `ValueError` *and leave `mine` as it was*. The two must not share memory
# afterwards: training one must not change the other.
#
# hint: `state_dict()` hands out the network's own tensors, not copies. `tensor.copy_(other)` writes into a tensor.


# %% solution="copy_weights" promises="changes(mine)"
def copy_weights(mine: nn.Module, theirs: nn.Module) -> None:
    """Copies parameters and buffers of `theirs` into `mine` by their order; ValueError when they do not fit."""
    ### BEGIN SOLUTION
    ours, others = list(mine.state_dict().values()), list(theirs.state_dict().values())
    if [tensor.shape for tensor in ours] != [tensor.shape for tensor in others]:
        raise ValueError("the two networks are not built alike")
    for place, tensor in enumerate(ours):
        tensor.copy_(others[place])
    ### END SOLUTION


# %% tests="copy_weights" points=5
def holding(copy_weights, mine, theirs):
    """Copies between two modules that hold these tensors."""
    from torch import nn

    copy_weights(*(nn.ParameterList([nn.Parameter(t, False) for t in tensors]) for tensors in (mine, theirs)))


def examples(rng):
    copied_over = lambda mine, theirs: checks.on_student_side(holding, copy_weights, mine, theirs)
    mine = [rng.tensor(2, 3, mutable=True), rng.tensor(4, mutable=True)]
    yield checks.example(copied_over, {"mine": mine, "theirs": [rng.tensor(2, 3), rng.tensor(4)]})


def copied(copy_weights, state, x):
    """What the copy says, what it says after the original has been zeroed, and whether its parameters are as before."""
    from torch import nn

    class Mine(nn.Module):
        def __init__(self):
            super().__init__()
            self.first, self.norm, self.head = nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3), nn.Linear(12, 4)

        def forward(self, x):
            return self.head(self.norm(self.first(x)).flatten(1))

    theirs, mine = nn.Sequential(nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3), nn.Flatten(), nn.Linear(12, 4)), Mine()
    theirs.load_state_dict(state)
    before = list(mine.parameters())
    copy_weights(mine, theirs)
    said, original, batches = mine.eval()(x).detach(), theirs.eval()(x).detach(), int(mine.norm.num_batches_tracked)
    for value in theirs.state_dict().values():
        value.zero_()
    kept = [new is old and new.requires_grad for new, old in zip(mine.parameters(), before, strict=True)]
    return said, original, mine(x).detach(), kept, batches


def refused(copy_weights, layers, other_layers, bias=True):
    """Whether copying between two stacks (of dense layers, or a norm) was refused, and whether it changed nothing."""
    import torch
    from torch import nn

    def stack(layers):
        return nn.Sequential(*(getattr(nn, x)(3) if isinstance(x, str) else nn.Linear(*x, bias) for x in layers))

    mine, theirs = stack(layers), stack(other_layers)
    for value in theirs.parameters():
        nn.init.constant_(value, 7.0)
    before = [value.clone() for value in mine.state_dict().values()]
    try:
        copy_weights(mine, theirs)
        refusal = False
    except ValueError:
        refusal = True
    return refusal, all(torch.equal(old, new) for old, new in zip(before, mine.state_dict().values(), strict=True))


def is_refused(layers, other_layers, bias=True):
    """Checks that copying between two stacks is refused before anything is changed."""
    refusal, same = checks.on_student_side(refused, copy_weights, layers, other_layers, bias)
    checks.true(refusal, "no ValueError was raised for networks that do not fit")
    checks.true(same, "it was refused, but `mine` had been changed by then")


def drawn():
    """A random state, pictures, and what a network in that state says of them."""
    net = nn.Sequential(nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3), nn.Flatten(), nn.Linear(12, 4)).eval()
    state, x = random_state(net, rng), rng.tensor(5, 2, 4, 4)
    state["1.num_batches_tracked"] = torch.tensor(rng.integer(3, 9))
    net.load_state_dict(state)
    return state, x, net(x).detach()


rng = checks.rng()
with checks.check("the copy says what the original says", points=2, hint="buffers count too; which way do you copy?"):
    state, x, right = drawn()
    said, original, *_ = checks.on_student_side(copied, copy_weights, state, x)
    checks.close(original, right, rtol=1e-4, atol=1e-4)
    checks.close(said, right, rtol=1e-4, atol=1e-4)
### BEGIN HIDDEN TESTS
with checks.check("it does not share memory, and trains on", hint="copy numbers into the tensors that are there"):
    state, x, right = drawn()
    _, _, later, kept, batches = checks.on_student_side(copied, copy_weights, state, x)
    checks.close(later, right, rtol=1e-4, atol=1e-4)
    checks.equal(kept, [True] * 6)
    checks.equal(batches, int(state["1.num_batches_tracked"]), what="num_batches_tracked, a buffer of whole numbers")
with checks.check("refuses another number of layers", hint="what does zip do when one list is longer?"):
    # the norms have the same parameters, and buffers on one side only
    for one, other in (([(2, 3)], [(2, 3), (3, 3)]), (["BatchNorm1d"], ["LayerNorm"])):
        is_refused(one, other)
        is_refused(other, one)
with checks.check("refuses other shapes, before it changes anything", hint="look at all the shapes first"):
    is_refused([(2, 6)], [(4, 3)], False)  # as many numbers in another shape
    for mine, theirs in (
        ([(2, 3), (3, 4)], [(2, 3), (1, 4)]),
        ([(2, 3), (3, 2)], [(3, 2), (2, 3)]),  # the same shapes in another order
        ([(6, 4), (4, 4)], [(4, 4), (6, 4)]),
        ([(5, 5), (2, 3), (3, 2)], [(5, 5), (3, 2), (2, 3)]),  # and the first one fits
    ):
        is_refused(mine, theirs)
### END HIDDEN TESTS

# %% [markdown]
# ## 5 · Start as the identity
#
# Should a residual block start as the identity? Look at `bn2`, the last norm of the main path: it multiplies by its
# weight (often γ; at first 1) and adds its bias (at first 0). With a weight of 0, $F(x) = 0$ whatever the convolutions
# say: part of Goyal and others' recipe for ImageNet in an hour (2017); torchvision's `zero_init_residual=True`.
#
# ### Exercise: silence the last norm
# difficulty 3/5 · 8 minutes · cards: zero-init
#
# Set the weight of the last norm in every residual block of `net` to zero, in place: write zeros into the tensor that
# is there, which an optimiser may know. Blocks may lie at any depth, and `net` itself may be one. A block's last norm
# is its `bn3` where it has one (such blocks come later), otherwise its `bn2`. A module with neither is no block. A
# `bn2` or `bn3` is always a norm with a weight. Everything else stays as it is, and the weight remains trainable.
#
# hint: `net.modules()` walks through all modules, at any depth. `getattr(module, "bn3", None)` is None without one.


# %% solution="zero_last_norms" promises="changes(net)"
def zero_last_norms(net: nn.Module) -> None:
    """Sets the weight of the last norm (bn3, or else bn2) of every block in the network to zero."""
    ### BEGIN SOLUTION
    for module in net.modules():
        last = getattr(module, "bn3", getattr(module, "bn2", None))
        if last is not None:
            nn.init.zeros_(last.weight)
    ### END SOLUTION


# %% tests="zero_last_norms" points=4
def with_norms(zero_last_norms, first, last):
    """Silences a block whose two norms have these weights."""
    from torch import nn

    block = nn.Module()
    block.bn1, block.bn2 = nn.BatchNorm2d(len(first)), nn.BatchNorm2d(len(last))
    block.bn1.weight, block.bn2.weight = nn.Parameter(first), nn.Parameter(last)
    zero_last_norms(nn.Sequential(nn.ReLU(), block))


def examples(rng):
    silence = lambda first, net: checks.on_student_side(with_norms, zero_last_norms, first, net)
    yield checks.example(silence, {"first": rng.tensor(3), "net": rng.tensor(3, mutable=True)})


def silenced(zero_last_norms, state, x, training):
    """The output, the state, and which parameters can be trained, after the function has had a net of three blocks."""
    from torch import nn
    from torchvision.models.resnet import BasicBlock, Bottleneck

    net = nn.Sequential(BasicBlock(8, 8), nn.Sequential(nn.ReLU(), nn.Sequential(BasicBlock(8, 8)), Bottleneck(8, 2)))
    if state:
        net.load_state_dict(state)
    before = list(net.parameters())
    zero_last_norms(net)
    after = {name: value.clone() for name, value in net.state_dict().items()}
    same = all(new is old for new, old in zip(net.parameters(), before, strict=True))
    return net.train(training)(x).detach(), after, same and all(p.requires_grad and p.is_leaf for p in before)


def odd_ones(zero_last_norms):
    """The last norms' weights of networks that are one block each, with many kinds of norms; and of norms of other names."""
    import torch
    from torch import nn
    from torchvision.models.resnet import BasicBlock

    class Own(nn.Module):
        def __init__(self, size):
            super().__init__()
            self.weight = nn.Parameter(torch.ones(size))

    groups, instance = (lambda size: nn.GroupNorm(2, size)), (lambda size: nn.InstanceNorm2d(size, affine=True))
    kinds = (nn.BatchNorm2d, groups, nn.LayerNorm, nn.BatchNorm1d, instance, Own)
    blocks, other = [BasicBlock(4, 4, norm_layer=norm) for norm in kinds], nn.Module()
    other.pre_bn2, other.bn22 = nn.BatchNorm2d(4), nn.BatchNorm2d(4)
    for net in (*blocks, nn.Sequential(other)):
        zero_last_norms(net)
    return [block.bn2.weight.detach() for block in blocks], [other.pre_bn2.weight.detach(), other.bn22.weight.detach()]


rng = checks.rng()
x = rng.tensor(2, 8, 4, 4, low=0.1, high=2.0)
with checks.check("fresh blocks hand on a positive signal unchanged", hint="at any depth, bottlenecks too"):
    checks.close(checks.on_student_side(silenced, zero_last_norms, {}, x, False)[0], x)
### BEGIN HIDDEN TESTS
basic, bottle = torchvision.models.resnet.BasicBlock, torchvision.models.resnet.Bottleneck
template = nn.Sequential(basic(8, 8), nn.Sequential(nn.ReLU(), nn.Sequential(basic(8, 8)), bottle(8, 2)))
state = random_state(template, rng)
lasts = ["0.bn2.weight", "1.1.0.bn2.weight", "1.2.bn3.weight"]
with checks.check("the last norm of each block is silent", hint="which norm comes last in a block that has three?"):
    after = checks.on_student_side(silenced, zero_last_norms, state, x, True)[1]
    for name in lasts:
        checks.close(after[name], torch.zeros(8), what=name)
    weights, _ = checks.on_student_side(odd_ones, zero_last_norms)
    checks.close(weights, torch.zeros(6, 4), what="bn2.weight of networks that are a block, for six kinds of norms,")
with checks.check("nothing else is changed, and all can be trained", points=2, hint="one weight a block, no more"):
    _, after, trainable = checks.on_student_side(silenced, zero_last_norms, state, x, True)
    checks.equal(after, {name: torch.zeros(8) if name in lasts else value for name, value in state.items()})
    checks.true(trainable, "each parameter should be the tensor that it was before, and require a gradient")
    _, weights = checks.on_student_side(odd_ones, zero_last_norms)
    checks.close(weights, torch.ones(2, 4), what="weights of norms that are called pre_bn2 and bn22")
### END HIDDEN TESTS

# %% [markdown]
# **Predict** how strong the signal is after each of thirty fresh blocks, with and without.

# %%
figure, axis = plt.subplots(figsize=(6.5, 2.6), layout="tight")
for silent in (False, True):
    torch.manual_seed(0)
    stack = block_group(ResidualBlock, 30, 8, 8, 1)
    if silent:
        zero_last_norms(stack)
    signals = [torch.randn(16, 8, 7, 7).relu()]
    for block in stack:
        signals.append(block(signals[-1]).detach())
    axis.plot([x.std() for x in signals[1:]], label="last norms silenced" if silent else "fresh")
axis.set(xlabel="block", ylabel="standard deviation")
axis.legend()

# %% [markdown]
# ## 6 · Many short networks in one
#
# Unroll three blocks (leave out the ReLU after the addition): $y = (1 + F_3)(1 + F_2)(1 + F_1)\,x$. Each block
# doubles the number of paths: through $F$, or past it. Three blocks have eight paths, $n$ blocks have $2^n$:
#
# ```
#    x ──┬──────┬──────┬──────┬──► y        paths through none of them:  1
#        └─ F1 ─┴─ F2 ─┴─ F3 ─┘             through exactly one:         3
#                                           through two:                 3
#                                           through all three:           1
# ```
#
# Veit, Wilber and Belongie (2016) therefore called residual networks **ensembles** of many shallow networks that share
# weights. If every $F$ is linear then $y$ is *exactly* the sum over all paths. (With ReLUs, a path depends on the others.)
#
# ### Exercise: unroll it
# difficulty 3/5 · 12 minutes · cards: implicit-ensemble, path-count
#
# - `paths(branches, x)`: a list of the $2^n$ signals at the end, one for each path, in any order. `branches` is a list
#   of functions, the first one is met first. The signal that goes past all of them may be `x` itself.
# - `path_lengths(n)`: how many of the $2^n$ paths go through 0, 1, …, n branches, exactly and quickly, also for n = 54.
#
# hint: Every signal that arrives at a block leaves it twice: unchanged, and changed by the branch.
#
# hint: In how many ways can you choose k of n? Look into `math`.


# %% solution="paths" promises="leaves-inputs, tensors(paths)"
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
    yield checks.example(paths, {"branches": [lambda x: 2 * x, lambda x: x + 1], "x": rng.tensor(3)}, of="paths")


def delivered(*branches):
    """What the paths deliver of 1, in order of size."""
    return sorted(checks.doubles(signal).item() for signal in paths(list(branches), torch.tensor([1.0])))


with checks.check("two branches make four paths", hint="past both, through one, through the other, through both"):
    checks.equal(delivered(lambda x: 2 * x, lambda x: 5 * x), [1.0, 2.0, 5.0, 10.0])
with checks.check("paths through two blocks by their length", hint="of the four paths, how many use one branch?"):
    checks.equal(list(path_lengths(2)), [1, 2, 1])
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("together they are what the blocks make of x", hint="which branch does a signal meet first?"):
    x, matrices = rng.tensor(4), [rng.tensor(4, 4) for _ in range(rng.integer(3, 5))]
    expected = x
    for matrix in matrices:
        expected = expected + matrix @ expected
    got = list(map(checks.doubles, paths([lambda x, matrix=matrix: x @ matrix.T for matrix in matrices], x)))
    checks.equal(len(got), 2 ** len(matrices), what="the number of paths")
    checks.close(sum(got), expected, rtol=1e-4, atol=1e-4 * float(expected.abs().max()))
    three = delivered(lambda x: 3 * x, lambda x: x + 100, lambda x: 7 * x)
    checks.equal(three, sorted([1.0, 3.0, 101.0, 103.0, 7.0, 21.0, 707.0, 721.0]))
    checks.equal(delivered(lambda x: 2 * x, lambda x: 2 * x), [1.0, 2.0, 2.0, 4.0], what="paths of which two are alike")
    checks.equal(delivered(), [1.0], what="the one path where there is no branch")
with checks.check("lengths for any number of blocks", hint="count the subsets of each size; exactly, also for many"):
    checks.equal(list(path_lengths(0)), [1])
    wanted = [1]
    for n in range(1, 71):  # Pascal's triangle
        wanted = [a + b for a, b in zip([0, *wanted], [*wanted, 0], strict=True)]
        if n in (1, rng.integer(5, 9), 12, 33, 60, 70):
            checks.equal(list(path_lengths(n)), wanted)
### END HIDDEN TESTS

# %% [markdown]
# The 2015 paper's best net for small pictures, ResNet-110, has 54 blocks. **Predict:** how many are on a typical path?

# %%
lengths = path_lengths(54)
figure, axis = plt.subplots(figsize=(6.5, 2.4), layout="tight")
axis.bar(range(55), lengths)
axis.set_title(f"{sum(lengths[19:36]) / 2**54:.0%} of the paths go through 19 to 35 of the 54 branches", fontsize=10)
axis.set_xlabel("branches on the path")

# %% [markdown]
# **Now you can** write ResNet-34, load weights across names, silence a norm, and count paths. *Further reading:*
# [torchvision's ResNet](https://github.com/pytorch/vision/blob/main/torchvision/models/resnet.py); *Deep Learning for
# Coders*, chapter 14; Veit and others, *Residual Networks Behave Like Ensembles of Relatively Shallow Networks* (2016).
