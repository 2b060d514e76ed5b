# Answers to the exercises of 4_heads.py, right and wrong: what `course audit` grades. No student sees them.

# %% equivalent="replace_head: neither head waits for the other"
# - for part in (net, net.AuxLogits):
# + for part in (net.AuxLogits, net):

# %% equivalent="folder_loaders: the list that stands for a loader in the tests of show_batch is a loader in use, which has no entries to change"
# spoiler: show_batch changes its inputs

# %% right="folder_loaders: a pipeline for each part"
def folder_loaders(folder, size, batch):
    last = [transforms.ToTensor(), transforms.Normalize(mean=MEAN, std=STD)]
    first = transforms.Resize((size, size))
    pipelines = {
        "train": transforms.Compose([first, transforms.RandomHorizontalFlip(), *last]),
        "valid": transforms.Compose([first, *last]),
    }
    sets = {part: datasets.ImageFolder(f"{folder}/{part}", transform=steps) for part, steps in pipelines.items()}
    loaders = {part: DataLoader(sets[part], batch, shuffle=(part == "train")) for part in sets}
    return loaders, sets["valid"].classes


def show_batch(plotter, loader):
    pictures, *_ = next(iter(loader))
    natural = torch.stack([p * torch.tensor(STD).view(3, 1, 1) + torch.tensor(MEAN).view(3, 1, 1) for p in pictures])
    return plotter.imshow(torchvision.utils.make_grid(natural, nrow=4).numpy().transpose((1, 2, 0)).clip(0, 1))


# %% right="folder_loaders: transforms v2, classes from the folders"
def folder_loaders(folder, size, batch):
    from pathlib import Path

    from torchvision.transforms import v2

    def loader(part, flip):
        steps = [v2.ToImage(), v2.Resize([size, size]), v2.ToDtype(torch.float32, scale=True), v2.Normalize(MEAN, STD)]
        pictures = datasets.ImageFolder(Path(folder) / part, v2.Compose([v2.RandomHorizontalFlip(flip), *steps]))
        return DataLoader(pictures, batch_size=batch, shuffle=flip > 0)

    names = sorted(entry.name for entry in os.scandir(os.path.join(folder, "train")) if entry.is_dir())
    return {"train": loader("train", 0.5), "valid": loader("valid", 0.0)}, names


def show_batch(plotter, loader):
    pictures = next(iter(loader))[0].permute(0, 2, 3, 1) * torch.tensor(STD) + torch.tensor(MEAN)
    return plotter.imshow(torch.cat(list(pictures), dim=1))


# %% wrong="folder_loaders: forgets to normalise"
def folder_loaders(folder, size, batch):
    loaders = {}
    for part in ("train", "valid"):
        steps = [transforms.Resize((size, size)), transforms.ToTensor()]
        if part == "train":
            steps.append(transforms.RandomHorizontalFlip())
        pictures = datasets.ImageFolder(os.path.join(folder, part), transforms.Compose(steps))
        loaders[part] = DataLoader(pictures, batch_size=batch, shuffle=part == "train")
    return loaders, pictures.classes


def show_batch(plotter, loader):
    pictures, _ = next(iter(loader))
    pictures = pictures * torch.tensor(STD)[:, None, None] + torch.tensor(MEAN)[:, None, None]
    return plotter.imshow(torchvision.utils.make_grid(pictures).permute(1, 2, 0))


# %% wrong="folder_loaders: flips and shuffles the validation pictures too"
def folder_loaders(folder, size, batch):
    loaders = {}
    for part in ("train", "valid"):
        steps = [transforms.Resize((size, size)), transforms.RandomHorizontalFlip()]
        steps += [transforms.ToTensor(), transforms.Normalize(MEAN, STD)]
        pictures = datasets.ImageFolder(os.path.join(folder, part), transforms.Compose(steps))
        loaders[part] = DataLoader(pictures, batch_size=batch, shuffle=True)
    return loaders, pictures.classes


def show_batch(plotter, loader):
    pictures, _ = next(iter(loader))
    pictures = pictures * torch.tensor(STD)[:, None, None] + torch.tensor(MEAN)[:, None, None]
    return plotter.imshow(torchvision.utils.make_grid(pictures).permute(1, 2, 0))


# %% wrong="folder_loaders: one number for the size keeps the shape"
def folder_loaders(folder, size, batch):
    loaders = {}
    for part in ("train", "valid"):
        steps = [transforms.Resize(size), transforms.ToTensor(), transforms.Normalize(MEAN, STD)]
        if part == "train":
            steps.append(transforms.RandomHorizontalFlip())
        pictures = datasets.ImageFolder(os.path.join(folder, part), transforms.Compose(steps))
        loaders[part] = DataLoader(pictures, batch_size=batch, shuffle=part == "train")
    return loaders, pictures.classes


def show_batch(plotter, loader):
    pictures, _ = next(iter(loader))
    pictures = pictures * torch.tensor(STD)[:, None, None] + torch.tensor(MEAN)[:, None, None]
    return plotter.imshow(torchvision.utils.make_grid(pictures).permute(1, 2, 0))


# %% wrong="folder_loaders: transposes height and width as well"
def folder_loaders(folder, size, batch):
    loaders = {}
    for part in ("train", "valid"):
        steps = [transforms.Resize((size, size)), transforms.ToTensor(), transforms.Normalize(MEAN, STD)]
        if part == "train":
            steps.append(transforms.RandomHorizontalFlip())
        pictures = datasets.ImageFolder(os.path.join(folder, part), transforms.Compose(steps))
        loaders[part] = DataLoader(pictures, batch_size=batch, shuffle=part == "train")
    return loaders, pictures.classes


def show_batch(plotter, loader):
    pictures, _ = next(iter(loader))
    pictures = pictures * torch.tensor(STD)[:, None, None] + torch.tensor(MEAN)[:, None, None]
    return plotter.imshow(torchvision.utils.make_grid(pictures).T)


# %% wrong="folder_loaders: shows what the network sees"
def folder_loaders(folder, size, batch):
    loaders = {}
    for part in ("train", "valid"):
        steps = [transforms.Resize((size, size)), transforms.ToTensor(), transforms.Normalize(MEAN, STD)]
        if part == "train":
            steps.append(transforms.RandomHorizontalFlip())
        pictures = datasets.ImageFolder(os.path.join(folder, part), transforms.Compose(steps))
        loaders[part] = DataLoader(pictures, batch_size=batch, shuffle=part == "train")
    return loaders, pictures.classes


def show_batch(plotter, loader):
    pictures, _ = next(iter(loader))
    return plotter.imshow(torchvision.utils.make_grid(pictures).permute(1, 2, 0))


# %% wrong="folder_loaders: adds before it multiplies"
def folder_loaders(folder, size, batch):
    loaders = {}
    for part in ("train", "valid"):
        steps = [transforms.Resize((size, size)), transforms.ToTensor(), transforms.Normalize(MEAN, STD)]
        if part == "train":
            steps.append(transforms.RandomHorizontalFlip())
        pictures = datasets.ImageFolder(os.path.join(folder, part), transforms.Compose(steps))
        loaders[part] = DataLoader(pictures, batch_size=batch, shuffle=part == "train")
    return loaders, pictures.classes


def show_batch(plotter, loader):
    pictures, _ = next(iter(loader))
    pictures = (pictures + torch.tensor(MEAN)[:, None, None]) * torch.tensor(STD)[:, None, None]
    return plotter.imshow(torchvision.utils.make_grid(pictures).permute(1, 2, 0))


# %% right="replace_head: a table of places"
def replace_head(family, net, classes):
    if family == "squeezenet":
        net.classifier[1] = nn.Conv2d(net.classifier[1].in_channels, classes, (1, 1), (1, 1))
        return net
    places = {"alexnet": ["classifier.6"], "vgg": ["classifier.6"], "densenet": ["classifier"], "resnet": ["fc"]}
    for place in places.get(family, ["fc", "AuxLogits.fc"]):
        owner, _, name = place.rpartition(".")
        old = net.get_submodule(place)
        setattr(net.get_submodule(owner), name, nn.Linear(old.in_features, classes))
    return net


# %% right="replace_head: match"
def replace_head(family, net, classes):
    def fresh(old):
        return nn.Linear(old.weight.shape[1], classes, bias=True)

    match family:
        case "resnet":
            net.fc = fresh(net.fc)
        case "alexnet" | "vgg":
            net.classifier[-1] = fresh(net.classifier[-1])
        case "squeezenet":
            net.classifier[1] = nn.Conv2d(512, classes, 1)
        case "densenet":
            net.classifier = fresh(net.classifier)
        case "inception":
            net.AuxLogits.fc, net.fc = fresh(net.AuxLogits.fc), fresh(net.fc)
    return net


# %% wrong="replace_head: one head of Inception"
def replace_head(family, net, classes):
    if family in ("resnet", "inception"):
        net.fc = nn.Linear(net.fc.in_features, classes)
    elif family in ("alexnet", "vgg"):
        net.classifier[6] = nn.Linear(net.classifier[6].in_features, classes)
    elif family == "squeezenet":
        net.classifier[1] = nn.Conv2d(512, classes, kernel_size=1)
    elif family == "densenet":
        net.classifier = nn.Linear(net.classifier.in_features, classes)
    return net


# %% wrong="replace_head: 512 everywhere"
def replace_head(family, net, classes):
    if family == "resnet":
        net.fc = nn.Linear(512, classes)
    elif family in ("alexnet", "vgg"):
        net.classifier[6] = nn.Linear(net.classifier[6].in_features, classes)
    elif family == "squeezenet":
        net.classifier[1] = nn.Conv2d(512, classes, kernel_size=1)
    elif family == "densenet":
        net.classifier = nn.Linear(net.classifier.in_features, classes)
    elif family == "inception":
        net.fc = nn.Linear(net.fc.in_features, classes)
        net.AuxLogits.fc = nn.Linear(net.AuxLogits.fc.in_features, classes)
    return net


# %% wrong="replace_head: the whole classifier of VGG"
def replace_head(family, net, classes):
    if family == "resnet":
        net.fc = nn.Linear(net.fc.in_features, classes)
    elif family in ("alexnet", "vgg"):
        net.classifier = nn.Linear(net.classifier[6].in_features, classes)
    elif family == "squeezenet":
        net.classifier[1] = nn.Conv2d(512, classes, kernel_size=1)
    elif family == "densenet":
        net.classifier = nn.Linear(net.classifier.in_features, classes)
    elif family == "inception":
        net.fc = nn.Linear(net.fc.in_features, classes)
        net.AuxLogits.fc = nn.Linear(net.AuxLogits.fc.in_features, classes)
    return net


# %% wrong="replace_head: a dense layer for SqueezeNet"
def replace_head(family, net, classes):
    if family == "resnet":
        net.fc = nn.Linear(net.fc.in_features, classes)
    elif family in ("alexnet", "vgg"):
        net.classifier[6] = nn.Linear(net.classifier[6].in_features, classes)
    elif family == "squeezenet":
        net.classifier[1] = nn.Linear(512, classes)
    elif family == "densenet":
        net.classifier = nn.Linear(net.classifier.in_features, classes)
    elif family == "inception":
        net.fc = nn.Linear(net.fc.in_features, classes)
        net.AuxLogits.fc = nn.Linear(net.AuxLogits.fc.in_features, classes)
    return net


# %% wrong="replace_head: changes a number instead of the layer"
def replace_head(family, net, classes):
    if family == "resnet":
        net.fc.out_features = classes
    elif family in ("alexnet", "vgg"):
        net.classifier[6].out_features = classes
    elif family == "squeezenet":
        net.classifier[1].out_channels = classes
    elif family == "densenet":
        net.classifier.out_features = classes
    return net


# %% right="folder_loaders: undoes the normalising of the whole sheet"
def folder_loaders(folder, size, batch):
    loaders = {}
    for part in ("train", "valid"):
        steps = [transforms.Resize((size, size)), transforms.ToTensor(), transforms.Normalize(MEAN, STD)]
        if part == "train":
            steps.append(transforms.RandomHorizontalFlip())
        pictures = datasets.ImageFolder(os.path.join(folder, part), transforms.Compose(steps))
        loaders[part] = DataLoader(pictures, batch_size=batch, shuffle=part == "train")
    return loaders, pictures.classes


def show_batch(plotter, loader):
    pictures, _ = next(iter(loader))
    grid = torchvision.utils.make_grid(pictures).permute(1, 2, 0)
    return plotter.imshow((grid * torch.tensor(STD) + torch.tensor(MEAN)).clip(0, 1))


# %% wrong="folder_loaders: flips one in ten"
def folder_loaders(folder, size, batch):
    loaders = {}
    for part in ("train", "valid"):
        steps = [transforms.Resize((size, size)), transforms.ToTensor(), transforms.Normalize(MEAN, STD)]
        if part == "train":
            steps.append(transforms.RandomHorizontalFlip(p=0.1))
        pictures = datasets.ImageFolder(os.path.join(folder, part), transforms.Compose(steps))
        loaders[part] = DataLoader(pictures, batch_size=batch, shuffle=part == "train")
    return loaders, pictures.classes


def show_batch(plotter, loader):
    pictures, _ = next(iter(loader))
    grid = torchvision.utils.make_grid(pictures).permute(1, 2, 0)
    return plotter.imshow((grid * torch.tensor(STD) + torch.tensor(MEAN)).clip(0, 1))


# %% wrong="folder_loaders: flips nearly all"
def folder_loaders(folder, size, batch):
    loaders = {}
    for part in ("train", "valid"):
        steps = [transforms.Resize((size, size)), transforms.ToTensor(), transforms.Normalize(MEAN, STD)]
        if part == "train":
            steps.append(transforms.RandomHorizontalFlip(p=0.9))
        pictures = datasets.ImageFolder(os.path.join(folder, part), transforms.Compose(steps))
        loaders[part] = DataLoader(pictures, batch_size=batch, shuffle=part == "train")
    return loaders, pictures.classes


def show_batch(plotter, loader):
    pictures, _ = next(iter(loader))
    grid = torchvision.utils.make_grid(pictures).permute(1, 2, 0)
    return plotter.imshow((grid * torch.tensor(STD) + torch.tensor(MEAN)).clip(0, 1))


# %% wrong="folder_loaders: batches of four by hand"
def folder_loaders(folder, size, batch):
    loaders = {}
    for part in ("train", "valid"):
        steps = [transforms.Resize((size, size)), transforms.ToTensor(), transforms.Normalize(MEAN, STD)]
        if part == "train":
            steps.append(transforms.RandomHorizontalFlip())
        pictures = datasets.ImageFolder(os.path.join(folder, part), transforms.Compose(steps))
        loaders[part] = DataLoader(pictures, batch_size=4, shuffle=part == "train")
    return loaders, pictures.classes


def show_batch(plotter, loader):
    pictures, _ = next(iter(loader))
    grid = torchvision.utils.make_grid(pictures).permute(1, 2, 0)
    return plotter.imshow((grid * torch.tensor(STD) + torch.tensor(MEAN)).clip(0, 1))


# %% wrong="replace_head: SqueezeNet's head moves in steps of two"
def replace_head(family, net, classes):
    if family == "squeezenet":
        net.classifier[1] = nn.Conv2d(512, classes, kernel_size=1, stride=2)
    elif family in ("alexnet", "vgg"):
        net.classifier[6] = nn.Linear(4096, classes)
    elif family == "densenet":
        net.classifier = nn.Linear(net.classifier.in_features, classes)
    else:
        net.fc = nn.Linear(net.fc.in_features, classes)
        if family == "inception":
            net.AuxLogits.fc = nn.Linear(768, classes)
    return net


# %% wrong="folder_loaders: one order for all epochs"
def folder_loaders(folder: str, size: int, batch: int):
    loaders = {}
    for part in ("train", "valid"):
        steps = [transforms.Resize((size, size)), transforms.ToTensor(), transforms.Normalize(MEAN, STD)]
        if part == "train":
            steps.append(transforms.RandomHorizontalFlip())
        pictures = datasets.ImageFolder(os.path.join(folder, part), transforms.Compose(steps))
        order = torch.randperm(len(pictures)).tolist() if part == "train" else None
        loaders[part] = DataLoader(pictures, batch_size=batch, sampler=order)
    return loaders, pictures.classes


def show_batch(plotter, loader):
    pictures, _ = next(iter(loader))
    pictures = pictures * torch.tensor(STD)[:, None, None] + torch.tensor(MEAN)[:, None, None]
    return plotter.imshow(torchvision.utils.make_grid(pictures).permute(1, 2, 0))


# %% wrong="folder_loaders: nothing comes back from show_batch"
def folder_loaders(folder: str, size: int, batch: int):
    loaders = {}
    for part in ("train", "valid"):
        steps = [transforms.Resize((size, size)), transforms.ToTensor(), transforms.Normalize(MEAN, STD)]
        if part == "train":
            steps.append(transforms.RandomHorizontalFlip())
        pictures = datasets.ImageFolder(os.path.join(folder, part), transforms.Compose(steps))
        loaders[part] = DataLoader(pictures, batch_size=batch, shuffle=part == "train")
    return loaders, pictures.classes


def show_batch(plotter, loader):
    pictures, _ = next(iter(loader))
    pictures = pictures * torch.tensor(STD)[:, None, None] + torch.tensor(MEAN)[:, None, None]
    plotter.imshow(torchvision.utils.make_grid(pictures).permute(1, 2, 0))


# %% wrong="replace_head: SqueezeNet loses what follows its convolution"
def replace_head(family: str, net: nn.Module, classes: int) -> nn.Module:
    if family == "resnet":
        net.fc = nn.Linear(net.fc.in_features, classes)
    elif family in ("alexnet", "vgg"):
        net.classifier[6] = nn.Linear(net.classifier[6].in_features, classes)
    elif family == "squeezenet":
        net.classifier = nn.Sequential(nn.Dropout(), nn.Conv2d(512, classes, 1), nn.AdaptiveAvgPool2d(1))
    elif family == "densenet":
        net.classifier = nn.Linear(net.classifier.in_features, classes)
    elif family == "inception":
        for part in (net, net.AuxLogits):
            part.fc = nn.Linear(part.fc.in_features, classes)
    return net


# %% wrong="replace_head: Inception keeps heads that have as many classes"
def replace_head(family: str, net: nn.Module, classes: int) -> nn.Module:
    if family == "resnet":
        net.fc = nn.Linear(net.fc.in_features, classes)
    elif family in ("alexnet", "vgg"):
        net.classifier[6] = nn.Linear(net.classifier[6].in_features, classes)
    elif family == "squeezenet":
        net.classifier[1] = nn.Conv2d(512, classes, 1)
    elif family == "densenet":
        net.classifier = nn.Linear(net.classifier.in_features, classes)
    elif family == "inception":
        for part in (net, net.AuxLogits):
            if part.fc.out_features != classes:
                part.fc = nn.Linear(part.fc.in_features, classes)
    return net


# %% right="freeze_for: requires_grad_ on the whole net"
def freeze_for(net, classes, lr):
    net.requires_grad_(False)
    net.fc = nn.Linear(net.fc.weight.shape[1], classes)
    trainable = [p for p in net.parameters() if p.requires_grad]
    return torch.optim.SGD(trainable, lr, 0.9)


# %% right="freeze_for: head first, then freeze the rest by name"
def freeze_for(net, classes, lr):
    net.fc = nn.Linear(net.fc.in_features, classes)
    for name, parameter in net.named_parameters():
        parameter.requires_grad = name.startswith("fc.")
    return torch.optim.SGD([{"params": net.fc.parameters(), "lr": lr}], momentum=0.9, lr=lr)


# %% wrong="freeze_for: freezes the new head too"
def freeze_for(net, classes, lr):
    net.fc = nn.Linear(net.fc.in_features, classes)
    for parameter in net.parameters():
        parameter.requires_grad = False
    return torch.optim.SGD(net.fc.parameters(), lr=lr, momentum=0.9)


# %% wrong="freeze_for: a misspelt attribute"
def freeze_for(net, classes, lr):
    for parameter in net.parameters():
        parameter.require_grad = False
    net.fc = nn.Linear(net.fc.in_features, classes)
    return torch.optim.SGD(net.fc.parameters(), lr=lr, momentum=0.9)


# %% wrong="freeze_for: sets the flag on the module"
def freeze_for(net, classes, lr):
    for module in net.modules():
        module.requires_grad = False
    net.fc = nn.Linear(net.fc.in_features, classes)
    return torch.optim.SGD(net.fc.parameters(), lr=lr, momentum=0.9)


# %% wrong="freeze_for: the optimiser knows everything"
def freeze_for(net, classes, lr):
    for parameter in net.parameters():
        parameter.requires_grad = False
    net.fc = nn.Linear(net.fc.in_features, classes)
    return torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)


# %% wrong="freeze_for: the optimiser knows the old head"
def freeze_for(net, classes, lr):
    for parameter in net.parameters():
        parameter.requires_grad = False
    optimizer = torch.optim.SGD(net.fc.parameters(), lr=lr, momentum=0.9)
    net.fc = nn.Linear(net.fc.in_features, classes)
    return optimizer


# %% wrong="freeze_for: no momentum"
def freeze_for(net, classes, lr):
    for parameter in net.parameters():
        parameter.requires_grad = False
    net.fc = nn.Linear(net.fc.in_features, classes)
    return torch.optim.SGD(net.fc.parameters(), lr=lr)


# %% right="discriminative_groups: from the front"
def discriminative_groups(net, lr, factor):
    children = [child for child in net.children() if list(child.parameters())]
    last = len(children) - 1
    return [{"params": child.parameters(), "lr": lr * factor ** (place - last)} for place, child in enumerate(children)]


# %% right="discriminative_groups: a rate that shrinks"
def discriminative_groups(net, lr, factor):
    groups, rate = [], lr
    for child in list(net.children())[::-1]:
        if sum(p.numel() for p in child.parameters()) == 0:
            continue
        groups.insert(0, {"params": [*child.parameters()], "lr": rate})
        rate = rate / factor
    return groups


# %% wrong="discriminative_groups: fast at the bottom"
def discriminative_groups(net, lr, factor):
    groups = []
    for child in net.children():
        params = list(child.parameters())
        if params:
            groups.append({"params": params, "lr": lr / factor ** len(groups)})
    return groups


# %% wrong="discriminative_groups: a ReLU counts"
def discriminative_groups(net, lr, factor):
    groups = []
    for place, child in enumerate(reversed(list(net.children()))):
        params = list(child.parameters())
        if params:
            groups.append({"params": params, "lr": lr / factor**place})
    return groups


# %% wrong="discriminative_groups: takes away the same amount each time"
def discriminative_groups(net, lr, factor):
    groups = []
    for child in reversed(list(net.children())):
        params = list(child.parameters())
        if params:
            groups.append({"params": params, "lr": lr / (1 + len(groups) * (factor - 1))})
    return groups


# %% wrong="discriminative_groups: a group for each parameter"
def discriminative_groups(net, lr, factor):
    groups = []
    for p in reversed(list(net.parameters())):
        groups.append({"params": [p], "lr": lr / factor ** len(groups)})
    return groups


# %% wrong="discriminative_groups: the last one is divided too"
def discriminative_groups(net, lr, factor):
    groups = []
    for child in reversed(list(net.children())):
        params = list(child.parameters())
        if params:
            groups.append({"params": params, "lr": lr / factor ** (len(groups) + 1)})
    return groups


# %% wrong="freeze_for: whatever lies in something called fc stays trainable"
def freeze_for(net: nn.Module, classes: int, lr: float) -> torch.optim.Optimizer:
    for name, parameter in net.named_parameters():
        parameter.requires_grad = "fc" in name.split(".")
    net.fc = nn.Linear(net.fc.in_features, classes)
    return torch.optim.SGD(net.fc.parameters(), lr=lr, momentum=0.9)


# %% wrong="discriminative_groups: a child that holds numbers of any sort counts"
def discriminative_groups(net: nn.Module, lr: float, factor: float) -> list[dict]:
    groups = []
    for child in reversed(list(net.children())):
        if child.state_dict():
            groups.append({"params": list(child.parameters()), "lr": lr / factor ** len(groups)})
    return groups


# %% wrong="discriminative_groups: frozen parameters only where all of a child are frozen"
def discriminative_groups(net: nn.Module, lr: float, factor: float) -> list[dict]:
    groups = []
    for child in reversed(list(net.children())):
        params = list(child.parameters())
        if params:
            params = [p for p in params if p.requires_grad] or params
            groups.append({"params": params, "lr": lr / factor ** len(groups)})
    return groups


# %% [markdown] explains="folder_loaders"
# The transform belongs to the data set and is called for each picture each time it is read, so the flip is drawn anew
# in every epoch. Only `train` gets it. Chance in validation would give another accuracy at each run. `Resize` with a
# pair gives exactly this size; with one number it scales the shorter side, and pictures of different shapes cannot be
# stacked into a batch. `Normalize` comes after `ToTensor`, in both parts, since the network must be used on the same
# scale on which it was trained.
#
# To show a picture, undo the last step: `x = y * std + mean`, multiplication first, as the normalising divided last.
# `permute(1, 2, 0)` puts the channels at the end and leaves rows rows; `.T` would turn the picture over as well. And
# make a new tensor: `pictures *= …` would write into what the loader may still hold.

# %% [markdown] explains="replace_head"
# Printing a network answers nearly every question: the head is the last layer with weights, and its name is the path to
# it. AlexNet and VGG keep a `Sequential` of which entry 6 is the last; SqueezeNet ends in a 1 × 1 *convolution* at
# entry 1, followed by a ReLU and a pooling, which must stay. Ask the old layer for `in_features`: 512 is right for
# ResNet-18 and wrong for ResNet-50.
#
# Replace the layer and not a number in it. `net.fc.out_features = 5` changes a label for the print-out, while the
# weights stay as they are. Inception has two heads. In training both speak to the loss, so an auxiliary head that was
# left as it was goes on giving a thousand scores, and nothing complains: a label of 3 is a valid class there too.

# %% [markdown] explains="freeze_for"
# Freeze first, then build. The loop freezes what is there at that moment; the new layer comes later and requires a
# gradient, as fresh parameters do. The other way round the new head is frozen as well, and nothing can be learnt at
# all: `backward` would complain that no tensor requires a gradient.
#
# It is `requires_grad`, with an s, on the *parameters*. Python lets you set any attribute, so `require_grad = False` or
# `net.requires_grad = False` raises no error and freezes nothing. The optimiser gets the head's parameters only, from
# the *new* head. It would skip parameters without gradients anyway; naming the head says what is meant. One thing is
# not frozen by all this. You will meet it in section 14.

# %% [markdown] explains="discriminative_groups"
# Walk from the end, and let the number of groups so far be the power: the last child gets `lr / factor**0`, the next
# one `factor**1`. A child without parameters makes no group, so it does not raise the power either. With `enumerate`
# over all children a ReLU would cost a factor, and the rates would depend on how somebody wrote the network down.
#
# `child.parameters()` goes down to any depth; only a child's own tensors would miss what lies in a `Sequential` inside
# it. It is made a list, because a generator would be used up by asking whether it is empty. Frozen parameters stay in
# their group: they have no gradient, so the optimiser skips them, and if somebody thaws them later, they have their
# rate already.
