# %% [markdown]
# ## 10 · A row of layers with names
#
# **In this part you will** name the layers of a network, train it and one that consists of your own parts, prepare
# photographs for a network, and look at what it really gets.
#
# Most networks are a plain row of layers, and for these nobody needs to write a class: `nn.Sequential` runs one layer
# after the other. Its layers can have names, which makes print-outs and saved weights readable. There are two ways to
# give them: `net.add_module(name, layer)`, one at a time, or an `OrderedDict` of (name, layer) pairs, all at once.
#
# Two tricks go with it. Classes can have short names (`conv = nn.Conv2d`), so that a long network is quick to read. And
# a step that is only a function, like a change of shape, can be wrapped up as a layer.
#
# ### Exercise: a network with named layers
# difficulty 2/5 · 12 minutes · cards: add-module, ordered-dict, lambda-layer, layer-shorthand
#
# Fill the blanks. Both functions make the same network, once in each way: `one_by_one` adds one layer after the other,
# `all_at_once` hands pairs over in an `OrderedDict`. It takes rows of 784 pixels, as old data files have them, and
# halves the map by a stride instead of a pooling layer:
#
# `shape` (to pictures of one channel, 28 × 28), `conv1` (8 kernels of 3 × 3, stride 2, padding 1), `relu1`,
# `conv2` (16 kernels, same options), `relu2`, `pool` (average over windows of 7), `flat`, `dense` (10 scores).
#
# hint: An attribute is set in `__init__` and read in `forward`. -1 in `view` means: as many as it takes.

# %% solution="Lambda" promises="leaves-inputs"
conv, pool, linear = nn.Conv2d, nn.AvgPool2d, nn.Linear  # ? nn.Conv2d | nn.AvgPool2d | nn.Linear


class Lambda(nn.Module):
    """A layer that calls a function."""

    def __init__(self, function):
        super().__init__()
        self.function = function  # ? function@2

    def forward(self, x):
        return self.function(x)  # ? self.function(x)


def one_by_one() -> nn.Sequential:
    """The network, layers added one at a time."""
    net = nn.Sequential()
    net.add_module("shape", Lambda(lambda x: x.view(-1, 1, 28, 28)))  # ? -1, 1, 28, 28
    net.add_module("conv1", conv(1, 8, 3, stride=2, padding=1))  # ? 1, 8, 3, stride=2, padding=1
    net.add_module("relu1", nn.ReLU())
    net.add_module("conv2", conv(8, 16, 3, stride=2, padding=1))  # ? 8, 16, 3, stride=2, padding=1
    net.add_module("relu2", nn.ReLU())
    net.add_module("pool", pool(7))  # ? 7
    net.add_module("flat", nn.Flatten())
    net.add_module("dense", linear(16, 10))  # ? 16, 10
    return net


def all_at_once() -> nn.Sequential:
    """The same network, with fresh layers, from an ordered dictionary of names and layers."""
    pairs = one_by_one().named_children()
    return nn.Sequential(OrderedDict(pairs))  # ? OrderedDict | pairs


# %% [markdown] explains="Lambda"
# `__init__` keeps the function, `forward` calls it with what comes in, and returns the *result*. Returning
# `self.function` itself is one pair of brackets too few. In `view(-1, 1, 28, 28)` the −1 is the batch: 784 numbers a
# row are fixed, how many rows there are is not. With a 2 in its place the network would work for the batch in the test
# and for no other.
#
# Sizes: stride 2 and padding 1 halve 28 to 14 and 7, a window of 7 then leaves one number a channel, and `dense` gets
# 16 numbers. Each call of `all_at_once` builds fresh layers, because `one_by_one()` stands inside it. Built once
# outside, two networks would share their weights, and training one would change the other. A `lambda` in a network has
# one drawback: it cannot be pickled, so save the state dict and not the whole model.


# %% tests="Lambda" points=5
def examples(rng):
    for net in (one_by_one(), all_at_once()):
        yield checks.example(net, {"x": rng.tensor(2, 784)})


def looked_at(build, rows, weights):
    """The names of the layers, and the scores of a network that has these parameters."""
    import torch

    net = build()
    with torch.no_grad():
        for name, p in net.named_parameters():
            if name in weights:
                p.copy_(weights[name])
        return [name for name, _ in net.named_children()], [tuple(p.shape) for p in net.parameters()], net(rows)


def share_layers(build):
    """Whether two networks have a parameter in common."""
    first, second = build(), build()
    return bool({id(p) for p in first.parameters()} & {id(p) for p in second.parameters()})


def made_of(build):
    """How often layers were added by name, and whether an ordered dictionary was handed to nn.Sequential."""
    from torch import nn

    added, handed = [], []
    init, add = nn.Sequential.__init__, nn.Sequential.add_module

    def watched_init(self, *args):
        handed.extend(len(part) for part in args if isinstance(part, dict))
        init(self, *args)

    def watched_add(self, name, module):
        added.append(name)
        add(self, name, module)

    nn.Sequential.__init__, nn.Sequential.add_module = watched_init, watched_add
    try:
        build()
    finally:
        nn.Sequential.__init__ = init
        del nn.Sequential.add_module
    return len(added), handed


def scores_by_hand(p, rows):
    """The same scores from torch's functions and the parameters p."""
    x = rows.reshape(-1, 1, 28, 28)
    for k in "12":
        x = F.conv2d(x, p[f"conv{k}.weight"], p[f"conv{k}.bias"], stride=2, padding=1).clamp(0)
    return F.linear(x.mean(dim=(2, 3)), p["dense.weight"], p["dense.bias"])


names = ["shape", "conv1", "relu1", "conv2", "relu2", "pool", "flat", "dense"]
with checks.check("a layer from a function", hint="keep the function, and call it in forward"):
    first, second = Lambda(lambda x: x * 2 + 1), Lambda(lambda x: -x)
    checks.close(first(torch.tensor([1.0, 2.0])), [3.0, 5.0])
    checks.close(second(torch.tensor([1.0, 2.0])), [-1.0, -2.0])
with checks.check("the names, one by one and all at once", hint="first the name, then the layer"):
    for build in (one_by_one, all_at_once):
        checks.equal(checks.on_student_side(looked_at, build, torch.rand(2, 784), {})[0], names)
### BEGIN HIDDEN TESTS
rng = checks.rng()
rows, shapes = 9 * rng.tensor(5, 784), [(8, 1, 3, 3), (8,), (16, 8, 3, 3), (16,), (10, 16), (10,)]
parameters = [f"{layer}.{part}" for layer in ("conv1", "conv2", "dense") for part in ("weight", "bias")]
p = {name: rng.tensor(*shape) / 3 for name, shape in zip(parameters, shapes, strict=True)}
with checks.check(
    "the short names are those of PyTorch's layers", hint="conv for pictures, average pooling, a dense layer"
):
    checks.close(pool(2)(torch.arange(4.0).reshape(1, 2, 2)), [[[1.5]]])
    checks.shape(conv(2, 3, 4).weight, 3, 2, 4, 4)
    checks.shape(linear(2, 3).weight, 3, 2)
with checks.check("scores of the first network", hint="compare options and sizes with the list"):
    checks.true(
        not checks.on_student_side(share_layers, one_by_one), "a second network shares its layers with the first"
    )
    _, found, scores = checks.on_student_side(looked_at, one_by_one, rows, p)
    checks.equal(found, shapes)
    checks.close(scores, scores_by_hand(p, rows), rtol=1e-3, atol=1e-4)
with checks.check("scores of the second network, from an OrderedDict", hint="the same network, all at once"):
    checks.true(8 in checks.on_student_side(made_of, all_at_once)[1], "no OrderedDict of eight layers was handed over")
    checks.true(
        not checks.on_student_side(share_layers, all_at_once), "a second network shares its layers with the first"
    )
    _, found, scores = checks.on_student_side(looked_at, all_at_once, rows, p)
    checks.equal(found, shapes)
    checks.close(scores, scores_by_hand(p, rows), rtol=1e-3, atol=1e-4)
### END HIDDEN TESTS

# %% [markdown]
# Now train. The loop below is the usual one. We compare four networks on the 5,000 digits that come with this course:
# one linear layer, a dense network with one hidden layer, your LeNet, and a small network of four convolutions with
# stride 2, each followed by batch norm, that ends with global average pooling.

# %% setup
digits = data.digits()
train_x, train_y = digits.train_x[:, None], digits.train_y  # one channel: (4000, 1, 28, 28)
valid_x, valid_y = digits.valid_x[:, None], digits.valid_y
hits: dict[str, torch.Tensor] = {}  # by network: which validation pictures it gets right, for the table at the end


def right_on(net, x, y):
    """For each picture, whether the network, in evaluation mode, gets it right."""
    net.eval()
    with torch.no_grad():
        return net(x).argmax(dim=1) == y


def fit(net, epochs, lr=0.005):
    """Trains on the digits with Adam and a one-cycle schedule; returns which validation pictures come out right."""
    opt = torch.optim.Adam(net.parameters(), lr)
    schedule = torch.optim.lr_scheduler.OneCycleLR(opt, lr, total_steps=epochs * 63)
    for _ in range(epochs):
        net.train()
        for places in torch.randperm(len(train_x)).split(64):
            loss = F.cross_entropy(net(train_x[places]), train_y[places])
            opt.zero_grad()
            loss.backward()
            opt.step()
            schedule.step()
    return right_on(net, valid_x, valid_y)


def block(inputs, outputs, kernel=3):
    """A convolution with stride 2, batch norm and ReLU."""
    layer = nn.Conv2d(inputs, outputs, kernel, stride=2, padding=kernel // 2)
    return nn.Sequential(layer, nn.BatchNorm2d(outputs), nn.ReLU())


# %%
torch.manual_seed(0)
ends = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10)]
nets = {
    "one linear layer": nn.Sequential(nn.Flatten(), nn.Linear(784, 10)),
    "dense, one hidden layer": nn.Sequential(nn.Flatten(), nn.Linear(784, 100), nn.ReLU(), nn.Linear(100, 10)),
    "LeNet": LeNet(),
    "four convs, batch norm": nn.Sequential(block(1, 8, 5), block(8, 16), block(16, 32), block(32, 64), *ends),
}
for name, net in nets.items():
    hits[name] = fit(net, device.budget(10, 20), lr=0.02 if "norm" in name else 0.005)
    print(f"{name:25}{sum(p.numel() for p in net.parameters()):8,} weights   {hits[name].float().mean():.1%}")

# %% [markdown]
# LeNet has fewer weights than the dense network with a hidden layer, and gets more pictures right. So do the four
# convolutions, with fewer weights than LeNet. (The linear layer has the fewest of all, and is last.)
#
# Whose layers were these? PyTorch's. Now yours: *your* convolution from strides, *your* batch norm, *your* pooling, in
# one network, trained by the same loop. **Predict:** will it learn as well? And how much slower?


# %%
class OwnConv(nn.Module):
    """A 3 by 3 convolution with padding 1, from your conv2d_strided."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.kernels = nn.Parameter(torch.randn(outputs, inputs, 3, 3) / (9 * inputs) ** 0.5)

    def forward(self, x):
        return conv2d_strided(pad2d(x, 1, 1, 1, 1), self.kernels)


torch.manual_seed(0)
own_layers = [OwnConv(1, 8), BatchNorm(8), nn.ReLU(), Lambda(lambda x: max_pool(x, 2))]
own_layers += [OwnConv(8, 16), BatchNorm(16), nn.ReLU(), Lambda(lambda x: avg_pool(x, 2).flatten(1))]
own_layers += [nn.Linear(16 * 7 * 7, 10)]
own = nn.Sequential(*own_layers)
start = time.perf_counter()
hits["your own layers"] = fit(own, device.budget(5), lr=0.02)
print(
    f"{sum(p.numel() for p in own.parameters()):,} weights, {hits['your own layers'].float().mean():.1%} right, ",
    end="",
)
print(f"{time.perf_counter() - start:.0f} seconds")

# %% [markdown]
# What has LeNet learnt? Its first six kernels, and what each of them finds in one picture: the **feature maps** (the
# activations of a convolution). A *hook* is a function that a layer calls with its output, so we need not change the
# network.

# %%
maps = []
hook = nets["LeNet"].conv1.register_forward_hook(lambda layer, inputs, output: maps.append(output.detach()))
nets["LeNet"](valid_x[:1])
hook.remove()
show([*nets["LeNet"].conv1.weight.detach()[:, 0]], [f"kernel {k}" for k in range(6)], 1.5, signed=True)
show([valid_x[0, 0], *maps[0][0]], ["picture", *(f"map {k}" for k in range(6))], 1.5, signed=True)

# %% [markdown]
# Nobody told the network to look for strokes of different directions. In networks that are trained on photographs the
# first kernels become edges, stripes (much like the *Gabor filters* that people once designed by hand) and patches of
# colour.
#
# A convolution does not care where things are. Shift the picture, and its map shifts along: it is **equivariant** to
# shifts. (Pooling at the end then makes the answer nearly *invariant*: the same, wherever the digit is.) A dense layer
# knows nothing of the kind. Let us shift the validation pictures to the right and see. **Predict** who suffers most.

# %%
pixels = list(range(6))
for name, net in nets.items():
    shifted = [right_on(net, valid_x.roll(k, dims=3), valid_y).float().mean() for k in pixels]
    plt.plot(pixels, shifted, label=name)
plt.xlabel("shifted to the right by so many pixels")
plt.ylabel("accuracy")
plt.legend(fontsize=8)
plt.tight_layout()

# %% [markdown]
# Better, and far from perfect. Strides keep only every second place, edges are padded, and LeNet's dense layers want
# each feature in its place. What helps is to *show* shifted pictures while training: augmentation.
#
# *Further reading:* LeCun and others, *Gradient-Based Learning Applied to Document Recognition* (1998);
# Ioffe and Szegedy, *Batch Normalization* (2015); Simonyan and Zisserman, *Very Deep Convolutional Networks* (2014), on
# small kernels.

# %% [markdown]
# ## 11 · Real photographs
#
# Photographs come in files, in all sizes, in colour. Before they can go into a network, they need a **pipeline** of
# transforms. For training it adds some chance: another part of the picture, flipped left to right or not. The network
# sees a slightly different picture in every epoch, which makes it harder to learn the pictures by heart. For validation
# there is no chance at all.

# %%
torch.manual_seed(3)
cut, mirror = transforms.RandomResizedCrop(150, scale=(0.3, 1.0)), transforms.RandomHorizontalFlip()
figure, axes = plt.subplots(1, 5, figsize=(10, 2.4))
for axis, picture in zip(axes, [photo, *(mirror(cut(photo)) for _ in range(4))], strict=True):
    axis.imshow(picture)
    axis.set_axis_off()
figure.tight_layout()

# %% [markdown]
# The last two steps of each pipeline are always the same. `ToTensor` turns a picture (bytes, height × width ×
# channels) into a tensor (floats from 0 to 1, channels × height × width). `Normalize(mean, std)` takes from each
# *channel* its mean and divides by its standard deviation. It needs a tensor, so it comes second. Networks that were
# trained on ImageNet want ImageNet's numbers, mean (0.485, 0.456, 0.406) and std (0.229, 0.224, 0.225).
#
# ### Exercise: two pipelines
# difficulty 2/5 · 8 minutes · cards: transform-pipeline, random-flip-crop, train-valid-pipelines, to-tensor-first, imagenet-statistics
#
# Fill the blanks. Training: a random part of the picture, from half of its area to all of it (in the proportions that
# the transform chooses by itself), scaled to `side` × `side`; flipped left to right half of the time; a tensor;
# normalised. Nothing else is changed. Validation: the whole picture scaled to `side` × `side`, by whatever
# interpolation; a tensor; normalised.
#
# hint: A transform is an *object* that can be called with a picture. `transforms.ToTensor` alone is a class.


# %% solution="pipelines" promises="random, leaves-inputs"
def pipelines(side: int, mean: list[float], std: list[float]):
    """The transforms for training and those for validation."""
    half_or_more = (0.5, 1.0)
    crop = transforms.RandomResizedCrop(side, scale=half_or_more)  # ? RandomResizedCrop | side
    flip = transforms.RandomHorizontalFlip()  # ? RandomHorizontalFlip
    resize = transforms.Resize((side, side))  # ? Resize | (side, side)
    tensor = transforms.ToTensor()  # ? ToTensor()
    normal = transforms.Normalize(mean, std)  # ? Normalize | mean, std
    train = transforms.Compose([crop, flip, tensor, normal])  # ? Compose | tensor, normal
    valid = transforms.Compose([resize, tensor, normal])  # ? resize, tensor, normal
    return train, valid


# %% [markdown] explains="pipelines"
# The order follows from what each step can take: cropping, flipping and resizing work on pictures, `ToTensor` makes a
# tensor of bytes, and `Normalize` needs a tensor. A transform is made once and called often. `transforms.ToTensor`
# without brackets is a class; `Compose` would hand the picture to its constructor, which wants none, and you get a
# `TypeError`.
#
# `Resize((side, side))` gives exactly this size. `Resize(side)` scales the *shorter* side and keeps the proportions, so
# a batch would hold pictures of different widths. The crop's own default begins at 8 % of the area, which is why
# `scale` is named here. There is no chance in validation: two runs should give the same number, and a crop may have cut
# off the very thing that is to be recognised. Normalisation, on the other hand, is no augmentation. It belongs in both,
# or the network validates on numbers that it has never seen.


# %% tests="pipelines" points=5
def one_trip(pipelines, pixels):
    """What comes out of one trip through the training pipeline."""
    from PIL import Image

    return pipelines(6, [0.5, 0.5, 0.5], [0.2, 0.2, 0.2])[0](Image.fromarray(pixels))


def examples(rng):
    def trained(pixels):
        return checks.on_student_side(one_trip, pipelines, pixels)

    yield checks.example(trained, {"pixels": rng.integers(30, 40, 3, low=0, high=255).to(torch.uint8).numpy()})


def run(pipelines, pixels, times, side, mean, std):
    """What comes out of `times` trips through the training pipeline, and of one through that for validation."""
    import torch
    from PIL import Image

    picture = Image.fromarray(pixels)
    train, valid = pipelines(side, mean, std)
    return torch.stack([train(picture) for _ in range(times)]), torch.stack([valid(picture) for _ in range(12)])


def map_of_places(height, width):
    """A picture whose red tells the column and whose green tells the row, from 0 to 255."""
    picture = torch.zeros(height, width, 3)
    picture[..., 0] = torch.linspace(0, 255, width)
    picture[..., 1] = torch.linspace(0, 255, height)[:, None]
    return picture.round().to(torch.uint8).numpy()


plain, zeros, ones = torch.full((6, 9, 3), 51, dtype=torch.uint8).numpy(), [0.0, 0.0, 0.0], [1.0, 1.0, 1.0]
with checks.check(
    "a plain picture, scaled and normalised", hint="objects need brackets; which channel has which mean and std?"
):
    _, valid = checks.on_student_side(run, pipelines, plain, 1, 4, [0.1, 0.2, 0.3], [0.5, 1.0, 0.1])
    checks.shape(valid[0], 3, 4, 4)
    checks.close(valid[0, :, 1, 2], [0.2, 0.0, -1.0], atol=1e-6)
with checks.check("the training pictures have the same size", hint="crop, flip, tensor, normalise: in this order"):
    checks.shape(checks.on_student_side(run, pipelines, plain, 2, 5, zeros, ones)[0], 2, 3, 5, 5)
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("validation: all of the picture, scaled, then normalised", hint="no chance here, nothing cut off"):
    mean, std = [rng.uniform(0.2, 0.6) for _ in range(3)], [rng.uniform(0.2, 0.6) for _ in range(3)]
    colours = [rng.integer(0, 255) for _ in range(3)]
    flat = torch.tensor(colours, dtype=torch.uint8).expand(8, 12, 3).numpy()
    train, valid = checks.on_student_side(run, pipelines, flat, 2, 6, mean, std)
    expected = [(colour / 255 - m) / s for colour, m, s in zip(colours, mean, std, strict=True)]
    for part, name in ((valid, "validation"), (train, "training")):
        checks.close(part[0, :, 2, 3], expected, rtol=1e-3, atol=1e-4, what=f"one colour in {name}")
    _, valid = checks.on_student_side(run, pipelines, map_of_places(24, 36), 1, 6, zeros, ones)
    places = (torch.arange(6) + 0.5) / 6  # what a pixel in the middle shows, whatever the interpolation
    for picture in valid:  # twelve trips, so that nothing random gets past
        checks.close(picture[0], places.expand(6, 6), rtol=0, atol=0.06, what="columns")
        checks.close(picture[1], places[:, None].expand(6, 6), rtol=0, atol=0.06, what="rows")
taken = []


def many_trips():
    """What 900 trips bring, the same for whoever asks: they take half a second."""
    if not taken:
        taken.append(checks.on_student_side(run, pipelines, map_of_places(112, 112), 900, 24, zeros, ones)[0])
    return taken[0]


with checks.check("training: flipped half of the time, never upside down", hint="left becomes right in half of them"):
    train = many_trips()  # of which a right pipeline flips fewer than 360 or more than 540 once in a billion times
    checks.between((train[:, 0, 0, 0] > train[:, 0, 0, -1]).float().mean(), 0.4, 0.6, what="the share that is flipped")
    checks.true(bool((train[:, 1, 0, 0] < train[:, 1, -1, 0]).all()), "some pictures are upside down")
with checks.check("training: parts from half the picture to all of it", hint="a new part in each trip, nothing else"):
    # Smoothed by the scaling, the outermost of 24 pixels shows what lies 0.595 of a pixel from the edge. Of 900 parts
    # that a right pipeline cuts none is larger than 0.93 once in 10^8 times.
    train = many_trips()
    spread = train[:, :2].amax(dim=(2, 3)) - train[:, :2].amin(dim=(2, 3))
    area = (spread * 24 / 22.81 * 111 / 112).prod(dim=1)
    checks.between(area, 0.475, 1.04, what="the area of a part")
    checks.between(area.min(), 0.475, 0.53, what="the smallest part of 900")
    checks.between(area.max(), 0.93, 1.04, what="the largest part of 900")
    proportions = (spread[:, 0] / spread[:, 1]).log().std()
    checks.true(float(proportions) > 0.08, "all parts have the same proportions: leave those to the transform")
    checks.true(float(train[:, 2].abs().max()) < 0.01, "a colour that was not there has come in")
    uneven = (train[:, 0] - train[:, 0].mean(dim=1, keepdim=True)).abs().amax(dim=(1, 2))
    checks.true(float(uneven.max()) < 0.02, "columns are no longer upright: something else than cutting and flipping")
### END HIDDEN TESTS

# %% [markdown]
# Before anybody trains on photographs, they look at them *as the network will get them*. Normalised pictures have
# negative numbers and look wrong, so undo the last step first: times std, plus mean, and channels last for matplotlib.
# (How a whole folder of photographs becomes batches is in the lesson on residual networks.) **Predict** which of your
# pipelines made which row.

# %%
mean, std = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
figure, axes = plt.subplots(2, 5, figsize=(9, 3.8))
for row, pipeline in zip(axes, pipelines(96, mean, std), strict=True):
    for axis in row:
        shown = pipeline(photo) * torch.tensor(std)[:, None, None] + torch.tensor(mean)[:, None, None]
        axis.imshow(shown.permute(1, 2, 0).clip(0, 1))
        axis.set_axis_off()
figure.tight_layout()

# %% [markdown]
# matplotlib's picture holds still. To point at a pixel and read its number, people use **plotly**, which draws charts
# for the browser. It is not installed with this course, so the next code is never run: what you type is compared. It
# can draw pictures as pictures (`px.imshow` puts row 0 on top). As a general **heat map** of numbers, which is what we
# want here, row 0 is at the *bottom*, as on a chart, unless the y axis is turned round.
#
# ### Exercise: a digit to point at
# difficulty 1/5 · 4 minutes · cards: plotly-heatmap
#
# Fill the blanks, so that a digit of MNIST appears in shades of grey and stands upright. The names are plotly's:
# `Heatmap` is a sort of trace in the module `plotly.graph_objects`, whose numbers are its axis `z`; the property
# `autorange` of an axis is either on, off or reversed. Keep the cell's first line.

# %% cloze="heat_map" points=3
# | import plotly.graph_objects as {{go::the customary short name}}
# |
# | pixels = data.digits().train_x[0].numpy()  # (28, 28)
# | chart = go.Figure(data=go.{{Heatmap}}({{z::the third axis}}=pixels, colorscale="gray"))
# | chart.update_yaxes(autorange={{"reversed"}}, scaleanchor="x")  # upright, with square pixels
# | chart.{{show}}()

# %% [markdown] explains="heat_map"
# `go` is the short name that plotly's own documentation uses, as `np` for numpy. A figure holds a list of *traces*; a
# heat map is a trace whose position is x and y and whose colour is the third quantity, so the table of numbers goes
# into `z`.
#
# A chart counts upwards from its lower left corner, a picture downwards from its upper left one. Without `"reversed"`
# the digit stands on its head. This is the same difference as between `plt.imshow`, which puts row 0 on top, and
# `plt.pcolormesh`, which puts it at the bottom. `scaleanchor="x"` ties the length of a unit on y to that on x: the
# pixels stay square when the window does not.

# %% [markdown]
# **Now you can** train a network of your own layers, look at what its kernels have learnt, and feed it photographs
# knowing what it gets.
