# %% [markdown]
# ## 10 · Your own pictures
#
# **In this part you will** read pictures from folders, give six families new heads, freeze a network, and choose its rates.
#
# Your own pictures usually lie in folders, one for each class, below a folder for training and one for validation.
# torchvision's `ImageFolder` reads them; the names of the folders, in alphabetical order, are the classes. The pictures
# need the pipeline of lesson 7: brought to one size, made a tensor, and **normalised** by the mean and the standard deviation
# that ImageNet's pictures have in each channel. Leave that out and nothing complains; the predictions are just worse.

# %% setup
import os

from torch.utils.data import DataLoader
from torchvision import datasets, transforms

MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]  # of red, green and blue in ImageNet's pictures

# %% [markdown]
# ### Exercise: pictures in folders
# difficulty 3/5 · 12 minutes · cards: image-folder, pretrained-transforms, channels-last
#
# Fill the blanks.
#
# - `folder_loaders` makes a loader for each of the subfolders `train` and `valid`. Training pictures are shuffled, and
#   half of them are flipped left to right, at random, both anew in every epoch; validation pictures are neither.
# - `show_batch` draws the first batch of a loader as one picture, in its natural colours, and returns what `imshow`
#   returns. `plotter` is whatever has an `imshow`: `plt` of matplotlib, or `px` after `import plotly.express as px`.
#   Both want the channels as the *last* axis: (height, width, channels).
#
# hint: To undo `(x - mean) / std`, multiply first, then add.


# %% solution="folder_loaders" promises="random, leaves-inputs"
def folder_loaders(folder: str, size: int, batch: int):
    """Loaders "train" and "valid" of the pictures in these subfolders of `folder`, and the names of the classes."""
    loaders = {}
    for part in ("train", "valid"):
        steps = [transforms.Resize((size, size)), transforms.ToTensor()]  # ? ToTensor
        steps.append(transforms.Normalize(MEAN, STD))  # ? Normalize | MEAN, STD
        if part == "train":
            steps.append(transforms.RandomHorizontalFlip())  # ? RandomHorizontalFlip
        transform = transforms.Compose(steps)  # ? Compose
        pictures = datasets.ImageFolder(os.path.join(folder, part), transform)  # ? ImageFolder | join | transform
        loaders[part] = DataLoader(pictures, batch_size=batch, shuffle=part == "train")  # ? batch | part == "train"
    return loaders, pictures.classes  # ? classes


def show_batch(plotter, loader):
    """What plotter.imshow makes of the loader's first batch, as one picture (height, width, 3)."""
    pictures, _ = next(iter(loader))  # ? next(iter(loader))
    pictures = pictures * torch.tensor(STD)[:, None, None] + torch.tensor(MEAN)[:, None, None]  # ? STD | MEAN
    grid = torchvision.utils.make_grid(pictures)  # ? make_grid
    return plotter.imshow(grid.permute(1, 2, 0))  # ? imshow | 1, 2, 0


# %% tests="folder_loaders" points=6
def from_folders(folder_loaders, train, valid, names, size, batch, epochs=1):
    """All batches of so many epochs for these pictures (n, 3, height, width), spread over folders; and the classes."""
    import tempfile
    from pathlib import Path

    from torchvision.io import write_png

    with tempfile.TemporaryDirectory() as folder:
        for part, pictures in (("train", train), ("valid", valid)):
            for place, picture in enumerate(pictures):
                home = Path(folder, part, names[place % len(names)])
                home.mkdir(parents=True, exist_ok=True)
                write_png(picture.contiguous(), str(home / f"{place:03}.png"))
        loaders, classes = folder_loaders(folder, size, batch)
        found = {part: [(x, y) for _ in range(epochs) for x, y in loaders[part]] for part in ("train", "valid")}
        return found, list(classes)


def together(batches):
    """Pictures and classes of all batches."""
    return torch.cat([x for x, _ in batches]), torch.cat([y for _, y in batches])


def drawn(rng, n, size):
    """n pictures of random bytes."""
    return rng.integers(n, 3, size, size, low=0, high=255).to(torch.uint8)


def examples(rng):
    def epoch(pictures):
        batches, _ = checks.on_student_side(from_folders, folder_loaders, pictures, pictures, ["all"], 3, 4)
        return together(batches["train"])[0]

    def order(pictures):
        return epoch(pictures).flatten(1).sort(dim=1).values.sum(dim=1)  # to the last digit, whether flipped or not

    for result in (epoch, order):
        yield checks.example(result, {"pictures": drawn(rng, 12, 3)})


def in_order(pictures, names):
    """The pictures, normalised, and their classes, in the order in which they lie in folders."""
    home = {name: number for number, name in enumerate(sorted(names))}
    classes = [home[names[place % len(names)]] for place in range(len(pictures))]
    order = sorted(range(len(pictures)), key=lambda place: (classes[place], place))
    return (pictures[order].float() / 255 - mean) / std, torch.tensor([classes[place] for place in order])


class Screen:
    """Has an imshow, and keeps what it is asked to show."""

    def imshow(self, picture, **_):
        self.shown = picture
        return "shown"


rng = checks.rng()
mean, std = (torch.tensor(values)[:, None, None] for values in (MEAN, STD))
with checks.check("folders are classes, in alphabetical order", hint="ImageFolder needs a path and the transform"):
    pictures, names = drawn(rng, 6, 4), ["wasp", "ant", "bee"]
    batches, classes = checks.on_student_side(from_folders, folder_loaders, pictures, pictures, names, 4, 4)
    checks.equal(classes, ["ant", "bee", "wasp"])
    checks.equal([len(x) for x, _ in batches["valid"]], [4, 2])
with checks.check(
    "a single picture in its natural colours", hint="is the normalisation undone? Which axis holds the channels?"
):
    screen, picture = Screen(), rng.tensor(1, 3, 5, 7, low=0.1, high=0.9)
    result = show_batch(checks.share(screen, "imshow"), [((picture - mean) / std, torch.tensor([0]))])
    checks.equal(result, "shown", what="what show_batch returns: the result of imshow,")
    checks.close(screen.shown, [[picture[0, :, h, w].tolist() for w in range(7)] for h in range(5)], atol=1e-5)
### BEGIN HIDDEN TESTS
names, size = rng.words(3), rng.integer(5, 8)
with checks.check(
    "validation pictures, normalised and in order", hint="a tensor, normalised; nothing at random for these"
):
    pictures = drawn(rng, 20, size)
    batches, _ = checks.on_student_side(from_folders, folder_loaders, pictures[:3], pictures, names, size, 6)
    expected, classes = in_order(pictures, names)
    checks.equal([len(x) for x, _ in batches["valid"]], [6, 6, 6, 2], what="the sizes of the batches")
    x, y = together(batches["valid"])
    checks.close(x, expected, rtol=1e-4, atol=1e-5)
    checks.equal(y, classes)
with checks.check(
    "training pictures, some of them flipped", hint="flipped and shuffled in this part alone, normalised in both"
):
    pictures = drawn(rng, 40, size)
    batches, _ = checks.on_student_side(from_folders, folder_loaders, pictures, pictures[:3], names, size, 16, 2)
    expected, classes = in_order(pictures, names)
    x, y = together(batches["train"])
    # p=1, since cdist finds Euclidean distances by a product that leaves 0.01 where there should be none.
    gaps = torch.cdist(x.flatten(1), torch.cat([expected, expected.flip(3)]).flatten(1), p=1)
    checks.true((gaps.amin(1) < 1e-2).all(), "each picture should be as it lies there, or flipped left to right")
    found = gaps.argmin(1)
    checks.equal(y, classes[found % 40])
    first, second = found[:40], found[40:]  # two epochs
    for epoch in (first, second):
        checks.equal((epoch % 40).sort().values, torch.arange(40))
    checks.true(not torch.equal(first % 40, second % 40), "the second epoch has the same order as the first")
    checks.true(not torch.equal(first.sort().values, second.sort().values), "each epoch flips the same pictures")
    checks.true(not torch.equal(first % 40, torch.arange(40)), "the pictures came in the order of their folders")
    # A picture that is bright on the left, 400 times: right loaders flip fewer than 150 or more than 250 once in 10^6.
    lit = torch.zeros(20, 3, size, size, dtype=torch.uint8)
    lit[..., 0] = 255
    batches, _ = checks.on_student_side(from_folders, folder_loaders, lit, lit[:3], names, size, 20, 20)
    x, _ = together(batches["train"])
    flipped = (x[:, 0, 0, -1] > x[:, 0, 0, 0]).float().mean()
    checks.between(flipped, 0.375, 0.625, what="the share of pictures that are flipped")
with checks.check(
    "any size becomes the size that is asked for", hint="Resize takes a pair; one number keeps the proportions"
):
    flat = (rng.integers(4, 3, low=0, high=255).to(torch.uint8)[:, :, None, None] * torch.ones(9, 14)).to(torch.uint8)
    batches, _ = checks.on_student_side(from_folders, folder_loaders, flat, flat[:1], names, size, 4)
    expected, _ = in_order(flat[:1, :, :size, :size], names)
    checks.close(batches["valid"][0][0], expected, rtol=1e-4, atol=1e-5)
    checks.shape(batches["train"][0][0], 4, 3, size, size)
with checks.check("several pictures side by side", hint="one grid of all pictures, the channels at its end"):
    screen, pictures = Screen(), rng.tensor(6, 3, 5, 4, low=0.1, high=0.9)
    loader = [((pictures - mean) / std, torch.zeros(6)), (torch.zeros(2, 3, 5, 4), torch.zeros(2))]
    show_batch(checks.share(screen, "imshow"), loader)
    checks.close(loader[0][0], (pictures - mean) / std, what="the pictures that the loader still holds")
    checks.shape(screen.shown, None, None, 3)
    places = torch.as_tensor(screen.shown).float().permute(2, 0, 1).unfold(1, 5, 1).unfold(2, 4, 1)
    for picture in pictures:  # somewhere on the sheet, whatever the frame between the pictures looks like
        gaps = (places - picture[:, None, None]).abs().amax(dim=(0, 3, 4))
        checks.true(float(gaps.min()) < 1e-3, "a picture of the batch is not on the sheet in its natural colours")
### END HIDDEN TESTS

# %% [markdown]
# Put some digits into folders, as if somebody had sent them to you, and look. **Predict:** what will the flipped ones
# look like, and would you flip digits if you trained with them?

# %%
import tempfile

with tempfile.TemporaryDirectory() as folder:
    for part, x, y in (("train", digits.train_x, digits.train_y), ("valid", digits.valid_x, digits.valid_y)):
        for digit, name in ((2, "two"), (4, "four"), (7, "seven")):
            home = os.path.join(folder, part, name)
            os.makedirs(home)
            for place, picture in enumerate(x[y == digit][:8]):
                torchvision.utils.save_image(1 - picture, os.path.join(home, f"{place}.png"))
    loaders, classes = folder_loaders(folder, size=48, batch=24)
    print("classes:", classes)
    plt.figure(figsize=(7, 3))
    show_batch(plt, loaders["train"])
    plt.axis("off")

# %% [markdown]
# Every family of networks keeps its head in another place. Print one and look at the end:

# %%
with torch.device("meta"):
    for name in ("alexnet", "squeezenet1_0", "densenet121"):
        print(name, torchvision.models.get_model(name, weights=None).classifier)

# %% [markdown]
# VGG looks like AlexNet. SqueezeNet's head is a 1×1 *convolution* with 512 channels in. Inception v3 has two heads:
# `fc`, and in `AuxLogits.fc` an **auxiliary** one further down, which pushes the gradient into the network's middle.
# In training mode it returns both outputs, and the loss is `main + 0.4 * auxiliary`; in evaluation only the main one.
#
# ### Exercise: new heads for six families
# difficulty 3/5 · 12 minutes · cards: heads-of-families, inception-aux, squeezenet, initialiser-function
#
# Fill the blanks: each network gets a fresh head for `classes` classes, also where the old one had as many, and keeps
# everything else. Where a layer needs to know how many numbers come in, ask the old one: members of a family differ.
# (SqueezeNet's 512 are always 512, and may stand there as a number.)
#
# hint: Print a network and look at its last lines: what kind of layer is the head, and what goes in?


# %% solution="replace_head" promises="random"
def replace_head(family: str, net: nn.Module, classes: int) -> nn.Module:
    """The same network with a new last layer."""
    if family == "resnet":
        net.fc = nn.Linear(net.fc.in_features, classes)  # ? nn.Linear(net.fc.in_features, classes)
    elif family in ("alexnet", "vgg"):
        last = net.classifier[6]  # ? 6
        net.classifier[6] = nn.Linear(last.in_features, classes)  # ? 6 | last.in_features
    elif family == "squeezenet":
        net.classifier[1] = nn.Conv2d(512, classes, kernel_size=1)  # ? 1@1 | nn.Conv2d(512, classes, kernel_size=1)
    elif family == "densenet":
        old = net.classifier  # ? net.classifier
        net.classifier = nn.Linear(old.in_features, classes)  # ? nn.Linear(old.in_features, classes)
    elif family == "inception":
        for part in (net, net.AuxLogits):  # ? net.AuxLogits
            part.fc = nn.Linear(part.fc.in_features, classes)  # ? part.fc.in_features
    return net


# %% tests="replace_head" points=4
def fresh_head_by(replace_head):
    """The numbers of the new head of a net that calls it fc."""
    from torch import nn

    net = nn.Module()
    net.fc = nn.Linear(5, 2)
    return replace_head("resnet", net, 3).fc.weight.detach()


def examples(rng):
    yield checks.example(lambda: checks.on_student_side(fresh_head_by, replace_head))


def new_head(replace_head, family, name, options, classes):
    """The shapes of everything in the network, what is new in it, and how each convolution moves.

    Without a function: the same of the network that torchvision makes for that many classes at once.
    """
    import torch
    import torchvision

    from course.checks.sparing import unfilled

    make = getattr(torchvision.models, name)
    options = options | ({"block": torchvision.models.resnet.Bottleneck} if name == "ResNet" else {})
    with unfilled(on="meta"):  # shapes without numbers, which cost little
        net = make(**options)
        before = dict(net.named_parameters())  # held on to, so that no new tensor gets the id of an old one
        if replace_head is None:
            net = make(**options, num_classes=classes)
            old = {id(p) for name, p in net.named_parameters() if p.shape == before[name].shape}
        else:
            net, old = replace_head(family, net, classes), {id(p) for p in before.values()}
    shapes = {name: tuple(p.shape) for name, p in net.named_parameters()}
    convs = {name: module for name, module in net.named_modules() if isinstance(module, torch.nn.Conv2d)}
    kept = ("kernel_size", "stride", "padding", "dilation")
    moves = {name: [str(getattr(module, option)) for option in kept] for name, module in convs.items()}
    moves["kinds"] = [f"{name}: {type(module).__name__}" for name, module in net.named_modules()]
    return shapes, sorted(name for name, p in net.named_parameters() if id(p) not in old), moves


def is_replaced(family, name, options, classes):
    """Checks a network with its new head, which is fresh also where the old one would do."""
    right = new_head(None, family, name, options, classes)
    checks.equal(checks.on_student_side(new_head, replace_head, family, name, options, classes), right, what=name)
    _, new, _ = checks.on_student_side(new_head, replace_head, family, name, options, 1000)
    checks.equal(new, right[1], what=f"what is new in {name} where the old head had as many classes")


with checks.check("a ResNet-18 for five classes", hint="print net and look at its last line"):
    got = checks.on_student_side(new_head, replace_head, "resnet", "resnet18", {}, 5)
    checks.equal(got, new_head(None, "resnet", "resnet18", {}, 5))
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("AlexNet, VGG, SqueezeNet and DenseNet", hint="which entry of classifier is the last with weights?"):
    for name in ("alexnet", "vgg11", "vgg13_bn", "squeezenet1_0", "squeezenet1_1"):
        is_replaced(name.split("1")[0], name, {}, rng.integer(2, 40))
    for blocks in ((2, 1), (1, 3)):  # DenseNets that are built in no time
        is_replaced("densenet", "DenseNet", {"growth_rate": 8, "block_config": blocks}, rng.integer(2, 40))
with checks.check("another ResNet: the width of its head differs", hint="ask the old head for its size"):
    is_replaced("resnet", "ResNet", {"layers": [1, 1, 1, 1]}, rng.integer(2, 40))
with checks.check("Inception has two heads", hint="look at net.AuxLogits"):
    is_replaced("inception", "Inception3", {"init_weights": False}, rng.integer(2, 40))
### END HIDDEN TESTS

# %% [markdown]
# ## 11 · Frozen, slow or free
#
# With very few pictures, keep the pretrained layers as they are and train the head alone. Those layers are then
# **frozen**: they still compute, but no gradient changes them, nor is one computed, which makes it much faster too.
# The order matters: a new layer's parameters require a gradient; what you freeze is what is there *when* you freeze.
#
# ### Exercise: freeze
# difficulty 3/5 · 6 minutes · cards: freeze, freeze-order, replace-fc
#
# Fill the blanks: freeze everything that is in `net`, give it a new head `fc` for `classes` classes (also where the
# old head has as many), and return an SGD optimiser with momentum 0.9 that knows the head's parameters and no others.
#
# hint: What would happen to the new head if it were there before the loop?


# %% solution="freeze_for" promises="random"
def freeze_for(net: nn.Module, classes: int, lr: float) -> torch.optim.Optimizer:
    """Freezes net and gives it a fresh head fc, in place; returns an optimiser for the head alone."""
    for parameter in net.parameters():  # ? parameters
        parameter.requires_grad = False  # ? requires_grad | False
    net.fc = nn.Linear(net.fc.in_features, classes)  # ? fc@1 | Linear | in_features | classes
    return torch.optim.SGD(net.fc.parameters(), lr=lr, momentum=0.9)  # ? SGD | net.fc.parameters() | 0.9


# %% tests="freeze_for" points=4
def fresh_head_on(freeze_for):
    """The numbers of the new head."""
    from torch import nn

    net = nn.Module()
    net.fc = nn.Linear(5, 2)
    freeze_for(net, 3, 0.1)
    return net.fc.weight.detach()


def examples(rng):
    yield checks.example(lambda: checks.on_student_side(fresh_head_on, freeze_for))


def frozen(freeze_for, classes, lr):
    """Facts about a small net after freezing, and how far two steps with gradients of one move each parameter."""
    from collections import OrderedDict

    import torch
    from torch import nn

    body = {"fc1": nn.Linear(3, 4), "fc": nn.Linear(4, 5), "norm": nn.BatchNorm1d(5), "relu": nn.ReLU()}
    net = nn.Sequential(OrderedDict(body=nn.Sequential(OrderedDict(body)), fc=nn.Linear(5, 7)))
    old = net.fc, *net.fc.parameters()
    optimizer = freeze_for(net, classes, lr)
    fresh = all(new is not one for one in old for new in (net.fc, *net.fc.parameters()))
    known = {id(p) for group in optimizer.param_groups for p in group["params"]}
    names = {name: [p.requires_grad, id(p) in known] for name, p in net.named_parameters()}
    before = [p.detach().clone() for p in net.parameters()]
    for _ in range(2):
        optimizer.zero_grad()
        net(torch.ones(4, 3))  # the frozen part still computes
        for p in net.fc.parameters():
            p.grad = torch.ones_like(p)
        optimizer.step()
    moved = [float((old - new.detach()).mean()) for old, new in zip(before, net.parameters(), strict=True)]
    return names, [tuple(p.shape) for p in net.fc.parameters()], moved, fresh


with checks.check("the old layers are frozen", hint="how exactly is the attribute spelt?"):
    names, *_ = checks.on_student_side(frozen, freeze_for, 2, 0.1)
    checks.equal([names[name][0] for name in names if name.startswith("body")], [False] * 6)
### BEGIN HIDDEN TESTS
rng = checks.rng()
classes, lr = rng.integer(3, 6), rng.uniform(0.05, 0.2)
with checks.check("the new head is not", hint="which comes first, freezing or the new head?"):
    for size in (classes, 7):  # the old head has seven classes too
        names, shapes, _, fresh = checks.on_student_side(frozen, freeze_for, size, lr)
        checks.equal([names["fc.weight"][0], names["fc.bias"][0]], [True, True])
        checks.equal(shapes, [(size, 5), (size,)])
        checks.true(fresh, "the old head is still there")
with checks.check("the optimiser knows the head and nothing else", hint="whose parameters does it get?"):
    names, *_ = checks.on_student_side(frozen, freeze_for, classes, lr)
    checks.equal({name: known for name, (_, known) in names.items()}, {name: name.startswith("fc") for name in names})
with checks.check("two steps move the head, with momentum", hint="lr, then lr times 1 + 0.9"):
    moved = checks.on_student_side(frozen, freeze_for, classes, lr)[2]
    checks.close(moved, [0.0] * 6 + [lr * 2.9] * 2, rtol=1e-3, atol=1e-6)
### END HIDDEN TESTS

# %% [markdown]
# Between "frozen" and "trained like the rest" lies a middle way: let early layers, whose edges and textures are fine
# already, move *slowly*, and later ones faster. These are **discriminative learning rates**, and PyTorch's optimisers
# take them as a list of **parameter groups**, dicts of the form `{"params": [...], "lr": ...}`.
#
# ### Exercise: slow at the bottom, fast at the top
# difficulty 3/5 · 10 minutes · cards: parameter-groups, discriminative-rates
#
# Make one group for each *child* of `net` (`net.children()` comes in order from input to output). The last one learns
# at `lr`, the one before at `lr / factor`, the one before that at `lr / factor**2`, and so on. A child without
# parameters (a ReLU, say) makes no group and does not count; one whose parameters are frozen does, and frozen ones
# stand in their group like others. All parameters of `net` lie in its children. The order of the groups is up to you.
#
# hint: Walk from the end: `reversed(list(net.children()))`.


# %% solution="discriminative_groups" promises="leaves-inputs"
def discriminative_groups(net: nn.Module, lr: float, factor: float) -> list[dict]:
    """Parameter groups for an optimiser, one a child; rates fall by the factor from the last child to the first."""
    ### BEGIN SOLUTION
    groups = []
    for child in reversed(list(net.children())):
        params = list(child.parameters())
        if params:
            groups.append({"params": params, "lr": lr / factor ** len(groups)})
    return groups
    ### END SOLUTION


# %% tests="discriminative_groups" points=4
def rates_for(discriminative_groups, weights):
    """The rates for a row of layers with these weights."""
    from torch import nn

    net = nn.Sequential(*(nn.Linear(weight.shape[1], weight.shape[0], bias=False) for weight in weights))
    for layer, weight in zip(net, weights, strict=True):
        layer.weight = nn.Parameter(weight)
    return [group["lr"] for group in discriminative_groups(net, 1.0, 2.0)]


def examples(rng):
    found = lambda weights: checks.on_student_side(rates_for, discriminative_groups, weights)
    yield checks.example(found, {"weights": [rng.tensor(2, 3), rng.tensor(3, 2)]})


def rates(discriminative_groups, lr, factor, plan):
    """Each parameter's learning rate in an optimiser, and how far a step with gradients of one moves it."""
    import torch
    from torch import nn

    makers = {
        "dense": lambda: nn.Linear(2, 2),
        "frozen": lambda: nn.Linear(2, 2).requires_grad_(False),
        "relu": nn.ReLU,
        "norm": lambda: nn.BatchNorm1d(2),
        "plain": lambda: nn.BatchNorm1d(2, affine=False),  # buffers, but no parameters
        "half": lambda: nn.Sequential(nn.Linear(2, 2).requires_grad_(False), nn.Linear(2, 2, bias=False)),
        "two": lambda: nn.Sequential(nn.Linear(2, 2), nn.Sequential(nn.ReLU(), nn.Linear(2, 2, bias=False))),
    }
    net = nn.Sequential(*(makers[name]() for name in plan.split()))
    optimizer = torch.optim.SGD(discriminative_groups(net, lr, factor), lr=1000.0)
    names = {id(p): name for name, p in net.named_parameters()}
    found = {names[id(p)]: group["lr"] for group in optimizer.param_groups for p in group["params"]}
    before = {name: p.detach().clone() for name, p in net.named_parameters()}
    for p in net.parameters():
        p.grad = torch.ones_like(p)
    optimizer.step()
    moved = {name: float((before[name] - p.detach()).mean()) for name, p in net.named_parameters()}
    return found, moved, len(optimizer.param_groups)


with checks.check("three layers, a factor of ten", hint="which layer gets the largest rate?"):
    found, _, _ = checks.on_student_side(rates, discriminative_groups, 1.0, 10.0, "dense dense dense")
    checks.close([found[f"{place}.weight"] for place in range(3)], [0.01, 0.1, 1.0], rtol=1e-6)
### BEGIN HIDDEN TESTS
rng = checks.rng()
lr, factor = rng.uniform(0.1, 1), rng.uniform(1.5, 4)
with checks.check("children without parameters do not count", hint="a ReLU costs no factor, a frozen layer does"):
    for plan, powers in (  # for each child how often its rate is divided; None where it has no parameters
        ("dense relu norm relu frozen dense relu dense", (4, None, 3, None, 2, 1, None, 0)),
        ("norm", (0,)),
        ("half plain dense", (1, None, 0)),
    ):
        found, _, count = checks.on_student_side(rates, discriminative_groups, lr, factor, plan)
        right = {str(place): lr / factor**power for place, power in enumerate(powers) if power is not None}
        checks.equal({name.partition(".")[0] for name in found}, set(right), what=f"whose parameters are known: {plan}")
        checks.equal(len(found), {"norm": 2, "half plain dense": 5}.get(plan, 10), what=f"how many: {plan}")
        wanted = [right[name.partition(".")[0]] for name in found]
        checks.close(list(found.values()), wanted, rtol=1e-6, what=f"the rates: {plan}")
        checks.equal(count, len(right), what=f"how many groups: {plan}")
with checks.check(
    "everything inside a child moves at one rate", points=2, hint="parameters(), not children, of a child"
):
    _, moved, count = checks.on_student_side(rates, discriminative_groups, lr, factor, "two dense two relu")
    checks.equal(len(moved), 8, what="how many parameters move")
    right = [lr / factor ** (2 - int(name[0])) for name in moved]
    checks.close(list(moved.values()), right, rtol=1e-3, what="how far each moves")
    checks.equal(count, 3)
### END HIDDEN TESTS

# %% [markdown]
# **Now you can** feed a trained network your own pictures, replace its head, and decide how fast each layer moves.
# *Further reading:* Howard and Ruder, *Universal Language Model Fine-tuning* (2018), on discriminative rates.
