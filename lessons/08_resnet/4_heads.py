# %% [markdown]
# ## 8 · Stand on somebody's shoulders
#
# **In this part you will** take over trained networks: load their weights, feed them pictures from folders, and give
# six families new heads.
#
# Training ResNet-50 on a million photographs takes many hours, even on a good GPU (in 2015 it was weeks on one). You
# hardly ever have to. Its first layers have
# learnt edges, colours and textures, which are of use for nearly any picture. So people take a **pretrained** network,
# replace the last layer (the **head**), and train a little: **fine-tuning**. In torchvision:
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
    return prepare(None, 3, 0.1)[0].fc.weight.detach()


def examples(rng):
    yield checks.example(lambda: checks.on_student_side(fresh_head_of, prepare))


def scores_of(prepare, classes):
    """The shape of what the net says of two pictures."""
    import torch

    with torch.device("meta"):  # shapes without numbers, which cost little
        return tuple(prepare(None, classes, 0.1)[0](torch.zeros(2, 3, 64, 64)).shape)


def facts(prepare, classes, lr, epochs):
    """The size of the net, how much of it the optimiser knows, its settings, its learning rates by epoch."""
    import torch

    with torch.device("meta"):
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
    size = sum(p.numel() for p in net.parameters())
    counts = {"given to the optimiser": len(known), "of the network, but unknown to it": len(missing)}
    counts["frozen"] = sum(not p.requires_grad for p in net.parameters())
    return size, counts, settings, rates


def from_the_head(prepare, features):
    """What the new head makes of these numbers, with random weights."""
    import torch

    with torch.device("meta"):
        head = prepare(None, 3, 0.1)[0].fc
    head = head.to_empty(device="cpu").eval()
    for p in head.parameters():
        torch.nn.init.uniform_(p, -1, 1)
    return head(features).detach()


def loss_of(prepare, scores, labels):
    """What the loss function says."""
    import torch

    with torch.device("meta"):
        loss_func = prepare(None, 3, 0.1)[1]
    return loss_func(scores, labels)


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
    "the optimiser knows every parameter once", hint="all of them, the new head too; made before or after it?"
):
    _, known, settings, _ = checks.on_student_side(facts, prepare, classes, lr, 1)
    checks.equal(known, {"given to the optimiser": 62, "of the network, but unknown to it": 0, "frozen": 0})
    for found in settings:
        checks.equal(found, {"momentum": 0.9, "dampening": 0.0, "weight_decay": 0.0, "nesterov": 0.0, "maximize": 0.0})
with checks.check("schedule and loss", hint="a tenth after every seven epochs; scores, not probabilities, go in"):
    rates = checks.on_student_side(facts, prepare, classes, lr, 60)[-1]
    checks.close(rates, [[lr * 0.1 ** (epoch // 7)] for epoch in range(60)], rtol=1e-6, atol=0, what="rates by epoch")
    said = checks.on_student_side(from_the_head, prepare, 9 * rng.tensor(20, 512))
    checks.true(float(said.max()) > 1, "the head should deliver scores, which may be larger than 1, not probabilities")
    checks.true(float(said.min()) < 0, "the head should deliver scores, which may be negative")
    scores, labels = rng.tensor(9, 4), rng.integers(9, low=0, high=3)
    checks.close(checks.on_student_side(loss_of, prepare, scores, labels), F.cross_entropy(scores, labels), rtol=1e-4)
### END HIDDEN TESTS

# %% [markdown]
# Your own pictures usually lie in folders, one for each class, below a folder for training and one for validation.
# torchvision's `ImageFolder` reads them; the names of the folders, in alphabetical order, are the classes.
#
# A pretrained network expects pictures as it saw them while it learnt: cut to one size, turned into a tensor from 0 to
# 1, and then **normalised**, channel by channel: take away the mean that ImageNet's pictures have there, divide by
# their standard deviation. Leave that out and nothing complains; the predictions are just worse.

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
def an_epoch(folder_loaders, pictures):
    """The training pictures of one epoch, in their order."""
    import tempfile
    from pathlib import Path

    import torch
    from torchvision.io import write_png

    with tempfile.TemporaryDirectory() as folder:
        for part in ("train", "valid"):
            (Path(folder) / part / "all").mkdir(parents=True)
            for place, picture in enumerate(pictures):
                write_png(picture, str(Path(folder) / part / "all" / f"{place}.png"))
        return torch.cat([x for x, _ in folder_loaders(folder, 3, 4)[0]["train"]])


def examples(rng):
    def epoch(pictures):
        return checks.on_student_side(an_epoch, folder_loaders, pictures)

    def order(pictures):
        return epoch(pictures).flatten(1).sort(dim=1).values.sum(dim=1)  # to the last digit, whether flipped or not

    pictures = rng.integers(12, 3, 3, 3, low=0, high=255).to(torch.uint8)
    yield checks.example(epoch, {"pictures": pictures})
    yield checks.example(order, {"pictures": pictures})


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


def in_order(pictures, names):
    """The pictures, normalised, and their classes, in the order in which they lie in folders."""
    home = {name: number for number, name in enumerate(sorted(names))}
    classes = [home[names[place % len(names)]] for place in range(len(pictures))]
    order = sorted(range(len(pictures)), key=lambda place: (classes[place], place))
    mean, std = (torch.tensor(values)[:, None, None] for values in (MEAN, STD))
    return (pictures[order].float() / 255 - mean) / std, torch.tensor([classes[place] for place in order])


class Screen:
    """Has an imshow, and keeps what it is asked to show."""

    def imshow(self, picture, **_):
        self.shown = picture
        return "shown"


def drawn(rng, n, size):
    """n pictures of random bytes."""
    return rng.integers(n, 3, size, size, low=0, high=255).to(torch.uint8)


def put_together(batches):
    """Pictures and classes of all batches."""
    return torch.cat([x for x, _ in batches]), torch.cat([y for _, y in batches])


rng = checks.rng()
with checks.check("folders are classes, in alphabetical order", hint="ImageFolder needs a path and the transform"):
    pictures = drawn(rng, 6, 4)
    batches, classes = checks.on_student_side(
        from_folders, folder_loaders, pictures, pictures, ["wasp", "ant", "bee"], 4, 4
    )
    checks.equal(classes, ["ant", "bee", "wasp"])
    checks.equal([len(x) for x, _ in batches["valid"]], [4, 2])
mean, std = (torch.tensor(values)[:, None, None] for values in (MEAN, STD))
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
    x, y = put_together(batches["valid"])
    checks.close(x, expected, rtol=1e-4, atol=1e-5)
    checks.equal(y, classes)
with checks.check(
    "training pictures, some of them flipped", hint="flipped and shuffled in this part alone, normalised in both"
):
    pictures = drawn(rng, 40, size)
    batches, _ = checks.on_student_side(from_folders, folder_loaders, pictures, pictures[:3], names, size, 16, 2)
    expected, classes = in_order(pictures, names)
    x, y = put_together(batches["train"])
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
    found = first
    checks.true(not torch.equal(found % 40, torch.arange(40)), "the pictures came in the order of their folders")
    # A picture that is bright on the left, 400 times: right loaders flip fewer than 150 or more than 250 once in 10^6.
    lit = torch.zeros(20, 3, size, size, dtype=torch.uint8)
    lit[..., 0] = 255
    batches, _ = checks.on_student_side(from_folders, folder_loaders, lit, lit[:3], names, size, 20, 20)
    x, _ = put_together(batches["train"])
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
    shown = torch.as_tensor(screen.shown).float().permute(2, 0, 1)
    for picture in pictures:  # somewhere on the sheet, whatever the frame between the pictures looks like
        places = shown.unfold(1, 5, 1).unfold(2, 4, 1)
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
# VGG looks like AlexNet here. SqueezeNet's head is a 1×1 *convolution* with 512 channels in. Inception v3 has two
# heads: `fc`, and in `AuxLogits.fc` an **auxiliary** one further down, which pushes the gradient into the middle of
# the network. While training, that network returns both outputs, and the loss is `main + 0.4 * auxiliary`; in
# evaluation mode only the main one.
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
    """The shapes of everything in the network, the names of what is new in it, and how each convolution moves."""
    import torch
    import torchvision

    with torch.device("meta"):  # shapes without numbers, which cost nothing
        net = getattr(torchvision.models, name)(**options)
        before = list(net.parameters())  # held on to, so that no new tensor gets the id of an old one
        net = replace_head(family, net, classes)
    shapes, old = {name: tuple(p.shape) for name, p in net.named_parameters()}, {id(p) for p in before}
    new = sorted(name for name, p in net.named_parameters() if id(p) not in old)
    convs = {name: module for name, module in net.named_modules() if isinstance(module, torch.nn.Conv2d)}
    options = ("kernel_size", "stride", "padding", "dilation")
    moves = {name: [str(getattr(module, option)) for option in options] for name, module in convs.items()}
    moves["kinds"] = [f"{name}: {type(module).__name__}" for name, module in net.named_modules()]
    return shapes, new, moves


def as_it_should_be(name, options, classes):
    """The same from a network that torchvision makes for that many classes at once."""
    with torch.device("meta"):
        before = getattr(torchvision.models, name)(**options)
        after = getattr(torchvision.models, name)(**options, num_classes=classes)
    shapes = {name: tuple(p.shape) for name, p in after.named_parameters()}
    old = {name: tuple(p.shape) for name, p in before.named_parameters()}
    convs = {name: module for name, module in after.named_modules() if isinstance(module, torch.nn.Conv2d)}
    options = ("kernel_size", "stride", "padding", "dilation")
    moves = {name: [str(getattr(module, option)) for option in options] for name, module in convs.items()}
    moves["kinds"] = [f"{name}: {type(module).__name__}" for name, module in after.named_modules()]
    return shapes, sorted(name for name in shapes if shapes[name] != old[name]), moves


with checks.check("a ResNet-18 for five classes", hint="print net and look at its last line"):
    checks.equal(
        checks.on_student_side(new_head, replace_head, "resnet", "resnet18", {}, 5),
        as_it_should_be("resnet18", {}, 5),
    )
### BEGIN HIDDEN TESTS
rng = checks.rng()
flat = {"growth_rate": 8, "num_init_features": 16}  # DenseNets that are built in no time
families = [
    ("alexnet", "alexnet", {}), ("vgg", "vgg11", {}), ("vgg", "vgg13_bn", {}),
    ("squeezenet", "squeezenet1_0", {}), ("squeezenet", "squeezenet1_1", {}),
    ("densenet", "DenseNet", flat | {"block_config": (2, 1)}), ("densenet", "DenseNet", flat | {"block_config": (1, 3)}),
]  # fmt: skip
with checks.check("AlexNet, VGG, SqueezeNet and DenseNet", hint="which entry of classifier is the last with weights?"):
    for family, name, options in families:
        classes = rng.integer(2, 40)
        got = checks.on_student_side(new_head, replace_head, family, name, options, classes)
        checks.equal(got, as_it_should_be(name, options, classes), what=name)
        # The head is fresh also where the old one would do.
        fresh = checks.on_student_side(new_head, replace_head, family, name, options, 1000)[1]
        checks.equal(fresh, got[1], what=f"what is new in {name}")
with checks.check("another ResNet: the width of its head differs", hint="ask the old head for its size"):
    classes = rng.integer(2, 40)
    got = checks.on_student_side(new_head, replace_head, "resnet", "resnet50", {}, classes)
    checks.equal(got, as_it_should_be("resnet50", {}, classes))
    got = checks.on_student_side(new_head, replace_head, "resnet", "resnet18", {}, 1000)
    checks.equal(got[1], ["fc.bias", "fc.weight"], what="what is new where the old head had as many classes")
with checks.check("Inception has two heads", hint="look at net.AuxLogits"):
    classes, plain = rng.integer(2, 40), {"init_weights": False}
    got = checks.on_student_side(new_head, replace_head, "inception", "Inception3", plain, classes)
    checks.equal(got, as_it_should_be("Inception3", plain, classes))
    fresh = checks.on_student_side(new_head, replace_head, "inception", "Inception3", plain, 1000)[1]
    checks.equal(fresh, got[1], what="what is new where the old heads had as many classes")
### END HIDDEN TESTS

# %% [markdown]
# **Now you can** take a trained network from the shelf, give it your own pictures in the form that it expects, and
# replace its head.
