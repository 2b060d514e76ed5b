# Answers to the exercises of 4_photographs.py, right and wrong: what `course audit` grades. No student sees them.

# %% right="Lambda: Unflatten and a loop"
conv, pool, linear = nn.Conv2d, nn.AvgPool2d, nn.Linear


class Lambda(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.f = function

    def forward(self, *args):
        return self.f(*args)


def layers():
    yield "shape", nn.Unflatten(1, (1, 28, 28))
    yield "conv1", conv(1, 8, (3, 3), (2, 2), (1, 1))
    yield "relu1", nn.ReLU(inplace=True)
    yield "conv2", conv(8, 16, (3, 3), (2, 2), (1, 1))
    yield "relu2", nn.ReLU(inplace=True)
    yield "pool", pool(7)
    yield "flat", nn.Flatten()
    yield "dense", linear(16, 10)


def one_by_one():
    net = nn.Sequential()
    for name, layer in layers():
        net.add_module(name, layer)
    return net


def all_at_once():
    return nn.Sequential(OrderedDict(layers()))


# %% right="Lambda: register_module, reshape, one from the other"
conv = torch.nn.Conv2d
pool = torch.nn.AvgPool2d
linear = torch.nn.Linear


class Lambda(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function.__call__(x)


def all_at_once():
    parts = OrderedDict()
    parts["shape"] = Lambda(lambda x: x.reshape(x.shape[0], 1, 28, 28))
    parts["conv1"] = conv(1, 8, 3, stride=2, padding=1)
    parts["relu1"] = Lambda(F.relu)
    parts["conv2"] = conv(8, 16, 3, stride=2, padding=1)
    parts["relu2"] = Lambda(torch.relu)
    parts["pool"] = nn.AdaptiveAvgPool2d(1)
    parts["flat"] = Lambda(lambda x: x.flatten(1))
    parts["dense"] = linear(16, 10)
    return nn.Sequential(parts)


def one_by_one():
    net = nn.Sequential()
    for name, layer in all_at_once().named_children():
        net.register_module(name, layer)
    return net


# %% wrong="Lambda: layers without names"
conv, pool, linear = nn.Conv2d, nn.AvgPool2d, nn.Linear


class Lambda(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def one_by_one():
    layers = (
        Lambda(lambda x: x.view(-1, 1, 28, 28)),
        conv(1, 8, 3, stride=2, padding=1),
        nn.ReLU(),
        conv(8, 16, 3, stride=2, padding=1),
        nn.ReLU(),
        pool(7),
        nn.Flatten(),
        linear(16, 10),
    )
    return nn.Sequential(*layers)


all_at_once = one_by_one

# %% wrong="Lambda: max pooling"
conv, pool, linear = nn.Conv2d, nn.MaxPool2d, nn.Linear


class Lambda(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def layers():
    first = [("shape", Lambda(lambda x: x.view(-1, 1, 28, 28))), ("conv1", conv(1, 8, 3, stride=2, padding=1))]
    middle = [("relu1", nn.ReLU()), ("conv2", conv(8, 16, 3, stride=2, padding=1)), ("relu2", nn.ReLU())]
    return OrderedDict([*first, *middle, ("pool", pool(7)), ("flat", nn.Flatten()), ("dense", linear(16, 10))])


def one_by_one():
    return nn.Sequential(layers())


def all_at_once():
    return nn.Sequential(layers())


# %% wrong="Lambda: gives the function back instead of calling it"
conv, pool, linear = nn.Conv2d, nn.AvgPool2d, nn.Linear


class Lambda(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function


def layers():
    first = [("shape", nn.Unflatten(1, (1, 28, 28))), ("conv1", conv(1, 8, 3, stride=2, padding=1))]
    middle = [("relu1", nn.ReLU()), ("conv2", conv(8, 16, 3, stride=2, padding=1)), ("relu2", nn.ReLU())]
    return OrderedDict([*first, *middle, ("pool", pool(7)), ("flat", nn.Flatten()), ("dense", linear(16, 10))])


def one_by_one():
    return nn.Sequential(layers())


def all_at_once():
    return nn.Sequential(layers())


# %% wrong="Lambda: forgets the stride of the second convolution"
conv, pool, linear = nn.Conv2d, nn.AvgPool2d, nn.Linear


class Lambda(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def layers():
    first = [("shape", nn.Unflatten(1, (1, 28, 28))), ("conv1", conv(1, 8, 3, stride=2, padding=1))]
    middle = [("relu1", nn.ReLU()), ("conv2", conv(8, 16, 3, padding=1)), ("relu2", nn.ReLU())]
    return OrderedDict([*first, *middle, ("pool", pool(14)), ("flat", nn.Flatten()), ("dense", linear(16, 10))])


def one_by_one():
    return nn.Sequential(layers())


def all_at_once():
    return nn.Sequential(layers())


# %% wrong="Lambda: the second network has no activations"
conv, pool, linear = nn.Conv2d, nn.AvgPool2d, nn.Linear


class Lambda(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def layers(activation):
    first = [("shape", nn.Unflatten(1, (1, 28, 28))), ("conv1", conv(1, 8, 3, stride=2, padding=1))]
    middle = [("relu1", activation()), ("conv2", conv(8, 16, 3, stride=2, padding=1)), ("relu2", activation())]
    return OrderedDict([*first, *middle, ("pool", pool(7)), ("flat", nn.Flatten()), ("dense", linear(16, 10))])


def one_by_one():
    return nn.Sequential(layers(nn.ReLU))


def all_at_once():
    return nn.Sequential(layers(nn.Identity))


# %% wrong="Lambda: one function for both"
conv, pool, linear = nn.Conv2d, nn.AvgPool2d, nn.Linear


class Lambda(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def one_by_one():
    net = nn.Sequential()
    net.add_module("shape", Lambda(lambda x: x.view(-1, 1, 28, 28)))
    net.add_module("conv1", conv(1, 8, 3, stride=2, padding=1))
    net.add_module("relu1", nn.ReLU())
    net.add_module("conv2", conv(8, 16, 3, stride=2, padding=1))
    net.add_module("relu2", nn.ReLU())
    net.add_module("pool", pool(7))
    net.add_module("flat", nn.Flatten())
    net.add_module("dense", linear(16, 10))
    return net


all_at_once = one_by_one


# %% wrong="Lambda: all layers share one function"
conv, pool, linear = nn.Conv2d, nn.AvgPool2d, nn.Linear


class Lambda(nn.Module):
    def __init__(self, function):
        super().__init__()
        type(self).function = staticmethod(function)

    def forward(self, x):
        return self.function(x)


def one_by_one() -> nn.Sequential:
    net = nn.Sequential()
    net.add_module("shape", Lambda(lambda x: x.view(-1, 1, 28, 28)))
    net.add_module("conv1", conv(1, 8, 3, stride=2, padding=1))
    net.add_module("relu1", nn.ReLU())
    net.add_module("conv2", conv(8, 16, 3, stride=2, padding=1))
    net.add_module("relu2", nn.ReLU())
    net.add_module("pool", pool(7))
    net.add_module("flat", nn.Flatten())
    net.add_module("dense", linear(16, 10))
    return net


def all_at_once() -> nn.Sequential:
    return nn.Sequential(OrderedDict(one_by_one().named_children()))


# %% right="pipelines: the list at once"
def pipelines(side, mean, std):
    end = [transforms.ToTensor(), transforms.Normalize(mean=mean, std=std)]
    train = transforms.Compose(
        [transforms.RandomResizedCrop((side, side), scale=(0.5, 1.0)), transforms.RandomHorizontalFlip(p=0.5), *end]
    )
    return train, transforms.Compose([transforms.Resize(size=(side, side)), *end])


# %% right="pipelines: plain functions"
def pipelines(side, mean, std):
    crop = transforms.RandomResizedCrop(side, scale=(0.5, 1.0))

    def normal(picture):
        x = transforms.functional.to_tensor(picture)
        return (x - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]

    def train(picture):
        picture = crop(picture)
        if torch.rand(()) < 0.5:
            picture = transforms.functional.hflip(picture)
        return normal(picture)

    def valid(picture):
        return normal(transforms.functional.resize(picture, [side, side]))

    return train, valid


# %% right="pipelines: version 2 of the transforms"
def pipelines(side, mean, std):
    from torchvision.transforms import v2

    end = [v2.ToImage(), v2.ToDtype(torch.float32, scale=True), v2.Normalize(mean, std)]
    train = v2.Compose([v2.RandomResizedCrop(side, scale=(0.5, 1.0)), v2.RandomHorizontalFlip(0.5), *end])
    return train, v2.Compose([v2.Resize((side, side)), *end])


# %% right="pipelines: a tensor first"
def pipelines(side, mean, std):
    tensor, normal = transforms.ToTensor(), transforms.Normalize(mean, std)
    crop = transforms.RandomResizedCrop(side, scale=(0.5, 1.0))
    train = transforms.Compose([tensor, crop, transforms.RandomHorizontalFlip(), normal])
    return train, transforms.Compose([tensor, transforms.Resize((side, side)), normal])


# %% wrong="pipelines: ToTensor without brackets"
def pipelines(side, mean, std):
    end = [transforms.ToTensor, transforms.Normalize(mean, std)]
    crop = transforms.RandomResizedCrop(side, scale=(0.5, 1.0))
    train = transforms.Compose([crop, transforms.RandomHorizontalFlip(), *end])
    return train, transforms.Compose([transforms.Resize((side, side)), *end])


# %% wrong="pipelines: normalises before there is a tensor"
def pipelines(side, mean, std):
    end = [transforms.Normalize(mean, std), transforms.ToTensor()]
    crop = transforms.RandomResizedCrop(side, scale=(0.5, 1.0))
    train = transforms.Compose([crop, transforms.RandomHorizontalFlip(), *end])
    return train, transforms.Compose([transforms.Resize((side, side)), *end])


# %% wrong="pipelines: validates with random parts too"
def pipelines(side, mean, std):
    end = [transforms.ToTensor(), transforms.Normalize(mean, std)]
    crop = transforms.RandomResizedCrop(side, scale=(0.5, 1.0))
    train = transforms.Compose([crop, transforms.RandomHorizontalFlip(), *end])
    return train, transforms.Compose([crop, *end])


# %% wrong="pipelines: turns pictures upside down"
def pipelines(side, mean, std):
    end = [transforms.ToTensor(), transforms.Normalize(mean, std)]
    crop = transforms.RandomResizedCrop(side, scale=(0.5, 1.0))
    train = transforms.Compose([crop, transforms.RandomVerticalFlip(), *end])
    return train, transforms.Compose([transforms.Resize((side, side)), *end])


# %% wrong="pipelines: Resize with one number keeps the shape of the picture"
def pipelines(side, mean, std):
    end = [transforms.ToTensor(), transforms.Normalize(mean, std)]
    crop = transforms.RandomResizedCrop(side, scale=(0.5, 1.0))
    train = transforms.Compose([crop, transforms.RandomHorizontalFlip(), *end])
    return train, transforms.Compose([transforms.Resize(side), *end])


# %% wrong="pipelines: std and mean swapped"
def pipelines(side, mean, std):
    end = [transforms.ToTensor(), transforms.Normalize(std, mean)]
    crop = transforms.RandomResizedCrop(side, scale=(0.5, 1.0))
    train = transforms.Compose([crop, transforms.RandomHorizontalFlip(), *end])
    return train, transforms.Compose([transforms.Resize((side, side)), *end])


# %% right="pipelines: bicubic"
def pipelines(side, mean, std):
    crop = transforms.RandomResizedCrop(side, scale=(0.5, 1.0))
    flip = transforms.RandomHorizontalFlip()
    resize = transforms.Resize((side, side), interpolation=transforms.InterpolationMode.BICUBIC)
    tensor, normal = transforms.ToTensor(), transforms.Normalize(mean, std)
    return transforms.Compose([crop, flip, tensor, normal]), transforms.Compose([resize, tensor, normal])


# %% right="pipelines: a tensor first, not smoothed"
def pipelines(side, mean, std):
    crop = transforms.RandomResizedCrop(side, scale=(0.5, 1.0))
    flip = transforms.RandomHorizontalFlip()
    resize = transforms.Resize((side, side), antialias=False)
    tensor, normal = transforms.ToTensor(), transforms.Normalize(mean, std)
    return transforms.Compose([crop, flip, tensor, normal]), transforms.Compose([tensor, resize, normal])


# %% wrong="pipelines: flips too seldom"
def pipelines(side, mean, std):
    crop = transforms.RandomResizedCrop(side, scale=(0.5, 1.0))
    flip = transforms.RandomHorizontalFlip(p=0.3)
    resize = transforms.Resize((side, side))
    tensor, normal = transforms.ToTensor(), transforms.Normalize(mean, std)
    return transforms.Compose([crop, flip, tensor, normal]), transforms.Compose([resize, tensor, normal])


# %% wrong="pipelines: flips too often"
def pipelines(side, mean, std):
    crop = transforms.RandomResizedCrop(side, scale=(0.5, 1.0))
    flip = transforms.RandomHorizontalFlip(p=0.7)
    resize = transforms.Resize((side, side))
    tensor, normal = transforms.ToTensor(), transforms.Normalize(mean, std)
    return transforms.Compose([crop, flip, tensor, normal]), transforms.Compose([resize, tensor, normal])


# %% wrong="pipelines: never the whole picture"
def pipelines(side, mean, std):
    crop = transforms.RandomResizedCrop(side, scale=(0.5, 0.9))
    flip = transforms.RandomHorizontalFlip()
    resize = transforms.Resize((side, side))
    tensor, normal = transforms.ToTensor(), transforms.Normalize(mean, std)
    return transforms.Compose([crop, flip, tensor, normal]), transforms.Compose([resize, tensor, normal])


# %% wrong="pipelines: parts of a third"
def pipelines(side, mean, std):
    crop = transforms.RandomResizedCrop(side, scale=(0.33, 1.0))
    flip = transforms.RandomHorizontalFlip()
    resize = transforms.Resize((side, side))
    tensor, normal = transforms.ToTensor(), transforms.Normalize(mean, std)
    return transforms.Compose([crop, flip, tensor, normal]), transforms.Compose([resize, tensor, normal])


# %% wrong="pipelines: turned a little too"
def pipelines(side, mean, std):
    crop = transforms.RandomResizedCrop(side, scale=(0.5, 1.0))
    flip = transforms.RandomHorizontalFlip()
    resize = transforms.Resize((side, side))
    tensor, normal = transforms.ToTensor(), transforms.Normalize(mean, std)
    turn = transforms.RandomRotation(5)
    return transforms.Compose([turn, crop, flip, tensor, normal]), transforms.Compose([resize, tensor, normal])


# %% wrong="pipelines: validation flipped too"
def pipelines(side, mean, std):
    crop = transforms.RandomResizedCrop(side, scale=(0.5, 1.0))
    flip = transforms.RandomHorizontalFlip()
    resize = transforms.Resize((side, side))
    tensor, normal = transforms.ToTensor(), transforms.Normalize(mean, std)
    return transforms.Compose([crop, flip, tensor, normal]), transforms.Compose([resize, flip, tensor, normal])


# %% wrong="pipelines: training normalised twice"
def pipelines(side, mean, std):
    crop = transforms.RandomResizedCrop(side, scale=(0.5, 1.0))
    flip = transforms.RandomHorizontalFlip()
    resize = transforms.Resize((side, side))
    tensor, normal = transforms.ToTensor(), transforms.Normalize(mean, std)
    return transforms.Compose([crop, flip, tensor, normal, normal]), transforms.Compose([resize, tensor, normal])


# %% wrong="pipelines: training not normalised"
def pipelines(side, mean, std):
    crop = transforms.RandomResizedCrop(side, scale=(0.5, 1.0))
    flip = transforms.RandomHorizontalFlip()
    resize = transforms.Resize((side, side))
    tensor, normal = transforms.ToTensor(), transforms.Normalize(mean, std)
    return transforms.Compose([crop, flip, tensor]), transforms.Compose([resize, tensor, normal])


# %% wrong="pipelines: cuts the middle out for validation"
def pipelines(side, mean, std):
    crop = transforms.RandomResizedCrop(side, scale=(0.5, 1.0))
    flip = transforms.RandomHorizontalFlip()
    tensor, normal = transforms.ToTensor(), transforms.Normalize(mean, std)
    return transforms.Compose([crop, flip, tensor, normal]), transforms.Compose(
        [transforms.Resize(2 * side), transforms.CenterCrop(side), tensor, normal]
    )
