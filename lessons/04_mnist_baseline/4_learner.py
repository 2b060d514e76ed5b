# %% [markdown]
# ## 8 · One object for the loop
#
# **In this part you will** write a learner, see why layers need something bent between them, and hand all of it to a
# library.
#
# Weights and bias can move into an object of their own as well. `nn.Linear(784, 1)` is a module that makes both
# (sensibly scaled), multiplies, adds, and knows its parameters.

# %%
layer = nn.Linear(784, 1)
for name, p in layer.named_parameters():
    print(f"{name:7} {tuple(p.shape)}  between {p.min():.3f} and {p.max():.3f}")

# %% [markdown]
# ### Exercise: a learner
# difficulty 4/5 · 15 minutes · cards: learner-parts, train-eval-mode, parameter-hyperparameter
#
# Write `fit`. It makes *one* optimiser for all its epochs by `self.opt_func(parameters, lr)`. In every epoch it
# puts the model into training mode (`model.train()`), takes a step for each batch of `train_dl`, puts the model into
# evaluation mode (`model.eval()`), and appends the value of `self.validate(self.model, self.valid_dl)` to
# `self.history`. Called a second time, `fit` makes a new optimiser and trains on from where the model stands. When
# `fit` is called, no parameter holds a gradient; you need not clear any.
#
# The modes change nothing for a linear layer; they matter for layers such as dropout and batch norm, which behave
# differently while training.
#
# hint: The middle is your `train_epoch`, with the optimiser's methods in place of the loop over parameters.


# %% solution="TinyLearner" promises="changes(model)"
class TinyLearner:
    """Ties data, model, loss and optimiser together; remembers how good it was after each epoch."""

    def __init__(self, train_dl, valid_dl, model, loss_func, opt_func, validate):
        self.train_dl, self.valid_dl, self.model = train_dl, valid_dl, model
        self.loss_func, self.opt_func, self.validate = loss_func, opt_func, validate
        self.history = []

    def fit(self, epochs: int, lr: float) -> None:
        """Trains for that many epochs; the history grows by one value an epoch."""
        ### BEGIN SOLUTION
        opt = self.opt_func(self.model.parameters(), lr)
        for _ in range(epochs):
            self.model.train()
            for xb, yb in self.train_dl:
                loss = self.loss_func(self.model(xb), yb)
                loss.backward()
                opt.step()
                opt.zero_grad()
            self.model.eval()
            self.history.append(self.validate(self.model, self.valid_dl))
        ### END SOLUTION


# %% [markdown] explains="TinyLearner"
# The optimiser is made once a `fit`, before the epochs. Plain SGD would not notice if it were made anew in every epoch,
# but one with momentum would lose its memory each time; that is why the text says *one*. The model is not made anew,
# and neither is the history: a second `fit` goes on from where things stand.
#
# `train()` stands inside the loop over epochs, because `eval()` at the end of each would otherwise hold for all epochs
# but the first. A linear layer has no opinion about that; dropout would be off and batch norm would stop learning its
# averages, and the only symptom would be a slightly worse model. Everything that may vary was handed in, so these ten
# lines will train every network of this course.


# %% tests="TinyLearner" points=5
def one_fit(learner, weights, x, y):
    """Trains a linear layer with these weights for one epoch of one batch."""
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    loader = DataLoader(TensorDataset(x, y), batch_size=len(x))
    model = torch.nn.Linear(x.shape[1], 1, bias=False)
    model.weight = torch.nn.Parameter(weights)
    learner(loader, loader, model, torch.nn.functional.mse_loss, torch.optim.SGD, lambda *_: 0.0).fit(1, 0.1)


def examples(rng):
    def fitted(model, x, y):
        checks.on_student_side(one_fit, TinyLearner, model, x, y)

    start = rng.tensor(1, 3, requires_grad=True)
    yield checks.example(fitted, {"model": start, "x": rng.tensor(5, 3), "y": rng.tensor(5, 1)})


def training(learner, x, y, w, lr, fits, momentum, sign=1):
    """Weights, history and the model's modes at each loss and each validation, after training two layers in a row."""
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    def optimiser(params, lr):
        return torch.optim.SGD(params, lr, momentum=momentum)

    model = torch.nn.Sequential(torch.nn.Linear(w.shape[1], 1, bias=False), torch.nn.Linear(1, 1, bias=False))
    model[0].weight.data, model[1].weight.data = w.clone(), torch.ones(1, 1)
    training_modes, validation_modes = [], []

    def loss_func(scores, targets):
        training_modes.append(model.training and model[0].training)
        return torch.nn.functional.mse_loss(scores, 2 * targets)

    def validate(model, loader):
        validation_modes.append(model.training or model[0].training)
        with torch.no_grad():
            return sign * sum(float(((model(xb) - yb) ** 2).mean()) for xb, yb in loader)

    class Turned:  # batches of four, in another order in every other epoch
        def __init__(self):
            self.epochs, self.batch_size, self.dataset = 0, 4, TensorDataset(x, y)

        def __len__(self):
            return (len(x) + 3) // 4

        def __iter__(self):
            self.epochs += 1
            batches = list(zip(x.split(4), y.split(4), strict=True))
            return iter(batches if self.epochs % 2 else batches[::-1])

    train_dl, valid_dl = Turned(), DataLoader(TensorDataset(x, y), batch_size=len(x))
    mine = learner(train_dl, valid_dl, model, loss_func, optimiser, validate)
    learner(train_dl, valid_dl, torch.nn.Linear(1, 1), loss_func, optimiser, lambda *_: 7.0).fit(0, lr)
    for epochs in fits:
        mine.fit(epochs, lr)
    weights = [p.detach().clone() for p in model.parameters()]
    return weights, [float(value) for value in mine.history], training_modes, validation_modes


def right_training(x, y, w, lr, fits, momentum, sign=1):
    """The weights and the history by the formula of the gradient."""
    first, second, history = w, torch.ones(1, 1), []
    for epochs in fits:
        velocities = [torch.zeros_like(first), torch.zeros_like(second)]
        for _ in range(epochs):
            for k in list(range(0, len(x), 4))[:: -1 if len(history) % 2 else 1]:
                hidden = x[k : k + 4] @ first.T
                error = 2 * (hidden * second - 2 * y[k : k + 4]) / len(hidden)
                slopes = [second * (error * x[k : k + 4]).sum(0, keepdim=True), (error * hidden).sum().reshape(1, 1)]
                velocities = [momentum * v + slope for v, slope in zip(velocities, slopes, strict=True)]
                first, second = first - lr * velocities[0], second - lr * velocities[1]
            history.append(sign * (x @ first.T * second - y).pow(2).mean())
    return [first, second], history


x, y, w = torch.ones(8, 1), torch.zeros(8, 1), torch.ones(1, 1)
with checks.check("one epoch of two batches moves the weights", hint="for each batch: loss, backward, step, zero_grad"):
    got = checks.on_student_side(training, TinyLearner, x, y, w, 0.1, [1], 0.0)[0]
    checks.close(got, right_training(x, y, w, 0.1, [1], 0.0)[0])
with checks.check("the history holds one value an epoch", hint="validate at the end of each epoch"):
    got = checks.on_student_side(training, TinyLearner, x, y, w, 0.1, [2], 0.0)[1]
    checks.close(got, right_training(x, y, w, 0.1, [2], 0.0)[1])


### BEGIN HIDDEN TESTS
from functools import cache


def two_histories(learner):
    """The histories of two learners, each fitted for one epoch and for another one; the metric is a word."""
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    batches, learners = DataLoader(TensorDataset(torch.ones(2, 1), torch.zeros(2, 1)), batch_size=2), []
    for _ in range(2):
        words = iter(["first", "second"])
        arguments = torch.nn.Linear(1, 1), torch.nn.functional.mse_loss, torch.optim.SGD
        learners.append(learner(batches, batches, *arguments, lambda *_, words=words: next(words)))
    for _ in range(2):
        for one in learners:
            one.fit(1, 0.1)
    return [list(one.history) for one in learners]


rng = checks.rng()
unit = {"low": -1.0, "high": 1.0}  # so that no draw makes the training diverge
w, lr = rng.tensor(1, 3, **unit), rng.uniform(0.02, 0.05)
begun = rng.tensor(9, 3, **unit), rng.tensor(9, 1, **unit), w, lr
five_epochs = cache(lambda: checks.on_student_side(training, TinyLearner, *begun, [3, 2], 0.9))
with checks.check(
    "three epochs with momentum, two more", points=2, hint="one optimiser for each fit, gradients cleared each time"
):
    weights, history, _, _ = five_epochs()
    right_weights, right_history = right_training(*begun, [3, 2], 0.9)
    checks.close(weights[0], right_weights[0], rtol=1e-3, atol=1e-4)
    checks.close(weights[1], right_weights[1], rtol=1e-3, atol=1e-4)
    checks.close(history, right_history, rtol=1e-3)
    for rows, fits, sign, rate in (  # a history that falls or rises, its opposite, one that stands still
        (21, [1, 0, 3], 1, lr),
        (13, [1, 0, 3], -1, lr),
        (7, [1, 0, 3], 1, 0.0),
    ):
        x, y = rng.tensor(rows, 3, **unit), rng.tensor(rows, 1, **unit)
        got = checks.on_student_side(training, TinyLearner, x, y, w, rate, fits, 0.5, sign)
        right_weights, right_history = right_training(x, y, w, rate, fits, 0.5, sign)
        checks.close(got[1], right_history, rtol=1e-2, what="the history of many batches, in two fits and an empty one")
        checks.close(got[0][0], right_weights[0], rtol=1e-2, atol=1e-3, what="the weights after that")
    for learner_history in checks.on_student_side(two_histories, TinyLearner):
        checks.equal(learner_history, ["first", "second"], what="the history of one of two learners")
with checks.check("trains in training mode, validates in evaluation mode", hint="train() and eval() in every epoch"):
    _, _, trained, validated = five_epochs()
    checks.true(len(trained) >= 15 and all(trained), "some batches were trained in evaluation mode, or not at all")
    checks.true(len(validated) >= 5 and not any(validated), "validation came in training mode, or not in every epoch")
### END HIDDEN TESTS

# %% [markdown]
# Every piece of this line is yours: the loss, the optimiser, the learner and the metric.


# %%
def validate(model, loader):
    return validate_epoch(model, loader, batch_accuracy)


torch.manual_seed(0)
mine = TinyLearner(train_dl, valid_dl, nn.Linear(784, 1), mnist_loss, BasicOptim, validate)
mine.fit(device.budget(10), lr=1.0)
print("accuracy after each epoch:", [round(value, 3) for value in mine.history])

# %% [markdown]
# ## 9 · A bend makes the difference
#
# A linear model weighs each pixel on its own. To say "ink here counts, but *only if* there is none over there",
# scores have to be made out of scores. So stack two linear layers? **Predict:** how much better is that?
#
# ### Exercise: two lines make a line
# difficulty 3/5 · 8 minutes · cards: linear-collapse, why-nonlinear, universal-approximation
#
# Two linear layers, one after the other, compute $(x W_1 + b_1) W_2 + b_2$. Find the *single* linear layer $x W + b$
# that gives the same result for every $x$, from the parameters of the two. Shapes: $W_1$ (n, m), $b_1$ (m,), $W_2$
# (m, k), $b_2$ (k,).
#
# hint: Multiply out the bracket with pencil and paper. Which terms have an $x$ in them?


# %% solution="collapse" promises="leaves-inputs"
def collapse(w1, b1, w2, b2):
    """Weights (n, k) and bias (k,) of the one linear layer that equals the two in a row."""
    ### BEGIN SOLUTION
    return w1 @ w2, b1 @ w2 + b2
    ### END SOLUTION


# %% [markdown] explains="collapse"
# Multiply out: $(x W_1 + b_1) W_2 + b_2 = x\,(W_1 W_2) + (b_1 W_2 + b_2)$. What stands behind $x$ is the new weight
# matrix, of shape (n, k); the rest has no $x$ in it and is the new bias. The first bias passes through the second layer
# like everything else, so `b1 + b2` is wrong, and even impossible when m and k differ. The order of the product cannot
# be turned round either: (m, k) times (n, m) does not fit.
#
# Check with numbers: $3(2x + 1) + 4 = 6x + 7$, and the 7 is $1 \cdot 3 + 4$. By the same step a hundred layers become
# one. A ReLU between the two stops it: $\max(0, x W_1 + b_1)$ cannot be multiplied out, since whether a term survives
# depends on $x$.


# %% tests="collapse" points=3
def examples(rng):
    yield checks.example(
        collapse, {"w1": rng.tensor(3, 5), "b1": rng.tensor(5), "w2": rng.tensor(5, 2), "b2": rng.tensor(2)}
    )


with checks.check("numbers instead of matrices: 3(2x + 1) + 4 is 6x + 7", hint="what does the second layer do to b1?"):
    w, b = collapse(torch.tensor([[2.0]]), torch.tensor([1.0]), torch.tensor([[3.0]]), torch.tensor([4.0]))
    checks.close(w, [[6.0]])
    checks.close(b, [7.0])
### BEGIN HIDDEN TESTS
rng = checks.rng()
n, m, k = rng.integer(3, 4), rng.integer(7, 8), rng.integer(5, 6)
w1, b1, w2 = rng.tensor(n, m), rng.tensor(m), rng.tensor(m, k)
b2 = rng.tensor(k) + 30.0 * (torch.arange(k) % 2 - 0.5)  # biases of both signs
with checks.check("the shapes of one linear layer", hint="from n numbers to k numbers"):
    w, b = collapse(w1, b1, w2, b2)
    checks.shape(w, n, k)
    checks.shape(b, k)
with checks.check("the same result for every input", hint="multiply out (x W1 + b1) W2 + b2"):
    x = rng.tensor(20, n)
    w, b = (checks.doubles(part).float() for part in collapse(w1, b1, w2, b2))
    checks.close(x @ w + b, F.linear(F.linear(x, w1.T, b1), w2.T, b2), rtol=1e-3, atol=1e-4)
    for n, m, k in ((60, 2, 1), (1, 1, 50), (4, 90, 4)):
        w1, b1, w2, b2 = rng.tensor(n, m), rng.tensor(m), rng.tensor(m, k), rng.tensor(k)
        w, b = (checks.doubles(part).float() for part in collapse(w1, b1, w2, b2))
        right = F.linear(b1, w2.T, b2), F.linear(w1 + b1, w2.T, b2) - F.linear(b1, w2.T, b2)
        checks.close(b, right[0], rtol=1e-3, atol=1e-3, what="the bias for other sizes")
        checks.close(w, right[1], rtol=1e-3, atol=1e-3, what="the weights for other sizes")
### END HIDDEN TESTS

# %% [markdown]
# So a hundred linear layers in a row can do no more than one. They need something between them that is *not* linear, an
# **activation function**, and it need not be much: the **ReLU** $\max(0, x)$ (*rectified linear unit*) replaces
# negative numbers by zero, and that is all. Each bend lets the next layer treat the two sides differently; with enough
# bends a net of two layers comes as close as you like to any continuous function (on a closed, bounded region). What
# comes out of a layer or a ReLU for one picture is called its **activations**; parameters are learnt, activations are
# calculated.
#
# In code you will meet it twice: `F.relu(x)` is a function to call, `nn.ReLU()` a module that can stand in a row of
# layers. They calculate the same.
#
# Why more than two layers, if two are enough in theory? The theorem does not say how *many* bends two layers need.
# Deeper nets can often do with far fewer parameters.

# %%
x = torch.linspace(-2, 2, 101)
plt.figure(figsize=(6, 2.5))
plt.plot(x, F.relu(x), label="one ReLU: one bend")
plt.plot(x, F.relu(x + 1) - 2 * F.relu(x) + 2 * F.relu(x - 1), label="three ReLUs: three bends")
plt.legend()
plt.tight_layout()

# %% [markdown]
# ## 10 · Somebody else's learner
#
# What you wrote is what fastai's `Learner` does, with progress bars, saved models, schedules and much else around it.
# Its arguments will look familiar. The network has one hidden layer: 784 pixels, 30 numbers, a bend, one score.

# %% setup
import warnings

with warnings.catch_warnings():  # fastai still uses a corner of torch that torch wants to retire
    warnings.simplefilter("ignore")
    from fastai.callback.progress import ProgressCallback
    from fastai.data.core import DataLoaders
    from fastai.learner import Learner
    from fastai.optimizer import SGD
from torchvision.models import resnet18


def quiet(learn: Learner):
    """Lets a learner train without progress bars and tables, as in `with quiet(learn): ...`."""
    learn.remove_cb(ProgressCallback)
    return learn.no_logging()


# %%
torch.manual_seed(0)
simple_net = nn.Sequential(nn.Linear(784, 30), nn.ReLU(), nn.Linear(30, 1))
loaders = DataLoaders(train_dl, valid_dl)
learn = Learner(loaders, simple_net, mnist_loss, opt_func=SGD, metrics=batch_accuracy)
with quiet(learn):
    learn.fit(device.budget(40), lr=1.0)
with torch.no_grad():
    hits["3 or 7, two layers and a ReLU"] = ((simple_net.eval()(valid_x) > 0) == (valid_y == 1))[:, 0]
history = learn.recorder.values  # of each epoch: training loss, validation loss, accuracy
print(f"after {learn.n_epoch} epochs: {history[-1][-1]:.2%}")

# %% [markdown]
# The recorder kept both losses and the metric of every epoch. (Its training loss is a running average, so it lags
# behind.) **Look** at the picture: which of the three curves still moves at the end, and is that the one you care
# about? When the training loss falls on while the validation loss *rises*, the net learns its training pictures by
# heart: that is **overfitting**. Has it begun here?

# %%
train_loss, valid_loss, score = zip(*history, strict=True)
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 2.8))
left.plot(train_loss, label="training loss")
left.plot(valid_loss, label="validation loss")
left.legend()
left.set_xlabel("epoch")
right.plot(score, color="tab:green", label="validation accuracy")
right.set(xlabel="epoch", ylim=(0.9, 1))
right.legend()
figure.tight_layout()

# %% [markdown]
# One layer more, and why stop there? **ResNet-18** has eighteen layers with weights, over eleven million parameters,
# and ways for the gradient to go round the layers (a later lesson builds it). It usually comes with weights learnt on
# a million photographs. We take it *without*: whatever it can do, it will have learnt from our digits.
#
# It was made for colour photographs, three channels (red, green, blue), and for a thousand classes. Ours have one
# channel, and we want one score. Its first layer is an `nn.Conv2d(channels_in, channels_out, kernel_size, stride,
# padding, bias)`, which slides small tables of weights over the picture. A later lesson builds it; here it is enough to
# make one that differs in the number of channels that come in.
#
# ### Exercise: fit it to our pictures
# difficulty 3/5 · 8 minutes · cards: resnet-no-weights, replace-first-layer
#
# Make an untrained ResNet-18 with `classes` outputs, and replace its first layer (`net.conv1`) by one that takes a
# single channel and is otherwise the same. Print `resnet18()` in a new cell to see what the first layer looks like.
# Fill the blanks; the first one holds the name of an argument and its value (torchvision does the same without it).
#
# hint: What does the print-out say about the layer named `conv1`? Which one number of it speaks of colour?


# %% solution="digit_resnet" promises="random"
def digit_resnet(classes: int) -> nn.Module:
    """An untrained ResNet-18 for pictures of one channel."""
    net = resnet18(weights=None, num_classes=classes)  # ? weights=None | classes
    net.conv1 = nn.Conv2d(1, 64, kernel_size=7, stride=2, padding=3, bias=False)  # ? conv1 | 1 | 64 | 2 | 3 | False
    return net


# %% [markdown] explains="digit_resnet"
# The print-out says `Conv2d(3, 64, kernel_size=(7, 7), stride=(2, 2), padding=(3, 3), bias=False)`. Of these only the 3
# speaks of colour. The 64 has to stay, because the next layer expects 64 channels; stride and padding stay, because
# they set the sizes of all that follows: a picture of 28 becomes 14, 7, 4, 2 and 1 pixels wide on its way down.
# Arguments that you leave out fall back to stride 1, padding 0 and a bias.
#
# The bias is missing on purpose: batch norm comes next and takes away each channel's mean, and a constant added before
# would go with it. `num_classes` builds the last layer with as many scores as you need. One more `Linear` on top of the
# thousand would run too, with half a million parameters for nothing. Giving an attribute of a module a new module
# replaces the layer, and that is all that "surgery" on a network means.


# %% tests="digit_resnet" points=3
def built(digit_resnet, classes, asked):
    """Of a fresh network its first "weights", the shape of its "scores", or "facts": first layer, size, its layers."""
    import torch

    from course.checks.sparing import shallow, unfilled

    with unfilled() if asked == "facts" else shallow():  # eleven million draws are slow, and the ends tell the rest
        net = digit_resnet(classes)
    if asked == "weights":
        return net.conv1.weight.detach()[0, 0]
    if asked == "scores":
        with torch.no_grad():
            return tuple(net.eval()(torch.zeros(1, 1, 28, 28)).shape)
    first = tuple(net.conv1.weight.shape), net.conv1.stride, net.conv1.padding
    size = sum(p.numel() for p in net.parameters())
    layers = [str(module) for module in net.modules() if not list(module.children())]
    ready = net.training and all(p.requires_grad for p in net.parameters())
    return first, size, layers, ready


def examples(rng):
    yield checks.example(lambda: checks.on_student_side(built, digit_resnet, 2, "weights"))


with checks.check(
    "a picture of one channel gives one score", hint="how many channels go in, how many scores come out?"
):
    checks.equal(checks.on_student_side(built, digit_resnet, 1, "scores"), (1, 1))


### BEGIN HIDDEN TESTS
from functools import cache


def kinds_of_layers(classes):
    """Those of a ResNet-18 for one channel, each once, in the order of the alphabet."""
    from course.checks.sparing import unfilled

    with unfilled():
        around = nn.Conv2d(1, 64, 7, 2, 3, bias=False), nn.AdaptiveAvgPool2d((1, 1)), nn.Linear(512, classes)
        layers = [*around, nn.MaxPool2d(3, 2, 1), nn.ReLU(inplace=True)]
        for wide in (64, 128, 256, 512):
            layers += nn.Conv2d(wide, wide, 3, padding=1, bias=False), nn.BatchNorm2d(wide)
            if wide > 64:
                layers += [nn.Conv2d(wide // 2, wide, size, 2, size // 2, bias=False) for size in (1, 3)]
    return sorted({str(layer) for layer in layers})


rng = checks.rng()
classes = rng.integer(3, 12)
facts = cache(lambda: checks.on_student_side(built, digit_resnet, classes, "facts"))
with checks.check("any number of classes", hint="num_classes should follow the argument"):
    heads = [layer for layer in facts()[2] if layer.startswith("Linear")]
    checks.equal(heads, [f"Linear(in_features=512, out_features={classes}, bias=True)"], what="the layer that scores")
with checks.check(
    "otherwise the same ResNet-18", hint="same kernel size, stride and padding, and no bias in the first layer"
):
    (first, stride, padding), size, found, ready = facts()
    checks.equal(first, (64, 1, 7, 7))
    checks.equal(stride, (2, 2))
    checks.equal(padding, (3, 3))
    checks.equal(size, 11_689_512 - 1000 * 513 + classes * 513 - 2 * 64 * 7 * 7)  # torchvision's, with our two changes
    checks.equal(sorted(set(found)), kinds_of_layers(classes), what="the kinds of layers")
    checks.equal(len(found), 52, what="the number of layers")  # of a block 5, 3 times 2 for a change of width, 6 around
    checks.true(ready, "some parameters cannot be trained, or the network is in evaluation mode")
### END HIDDEN TESTS

# %% [markdown]
# Eleven million parameters take their time on a CPU: three epochs of 800 pictures are twenty seconds or so. Same
# learner, same loss; a network that takes pictures instead of rows. **Predict:** will it beat the net with one hidden
# layer, which has 470 times fewer parameters?

# %%
torch.manual_seed(0)
some = torch.randperm(len(train_x))[: device.budget(800)]  # got a GPU? Use them all
pictures = TensorDataset(train_x[some].reshape(-1, 1, 28, 28), train_y[some])
loaders = DataLoaders(
    DataLoader(pictures, batch_size=32, shuffle=True, drop_last=True),
    DataLoader(TensorDataset(valid_x.reshape(-1, 1, 28, 28), valid_y), batch_size=64),
)
deep = Learner(loaders, digit_resnet(1), mnist_loss, opt_func=SGD, metrics=batch_accuracy)
with quiet(deep):
    deep.fit(device.budget(3), lr=0.05)
with torch.no_grad():
    scores = torch.cat([deep.model.eval()(xb) for xb, _ in loaders.valid])
hits["3 or 7, ResNet-18"] = ((scores > 0) == (valid_y == 1))[:, 0]
print("accuracy after each epoch:", [f"{values[-1]:.1%}" for values in deep.recorder.values])

# %% [markdown]
# On so few validation pictures you can hardly tell the ResNet from a net that is 470 times smaller: threes and sevens
# are too easy to need it. (The poor first epoch is its batch norm: in evaluation mode it uses running averages, and
# after so few steps these lag behind the weights.) Whether depth pays on ten digits we do not measure here; on full
# MNIST convolutional nets reach 99 % and more.
#
# **Now you can** write a learner, and say why layers need activations between them and what fastai's `Learner` does
# with each of its arguments. *Further reading:* [fastai: Learner](https://docs.fast.ai/learner.html); [PyTorch:
# torch.optim](https://pytorch.org/docs/stable/optim.html); Prince, *Understanding Deep Learning*, chapters 3 and 4, on
# shallow and deep networks.
