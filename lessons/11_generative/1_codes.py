# %% [markdown]
# # Pictures that nobody wrote
# A network that reads digits turns 784 numbers into one answer. This lesson goes the other way: from a few numbers, or
# from pure chance, to a digit that nobody has ever written. You will build the two machines that made this famous, a
# variational autoencoder and a generative adversarial network, draw one picture in the manner of another, recognise
# somebody from a single example, and at the end turn a network's own gradient against it.
#
# **How to read this notebook.** Before you run a cell, say what you expect to see. Then run it and look. Cells that
# read `# YOUR CODE HERE` or `____` are yours; the cell below each tells you how far you got. No exercise needs your
# answer to another one, so if you get stuck, move on. (Pictures that your functions make have to wait for them.)
#
# **In this part you will** squeeze a picture through two numbers, look at all pictures that come out at the other end,
# see why that is not yet a machine that invents digits, and use codes to recognise somebody who was seen once.
#
# How hard can it be to draw a digit at random? **Predict** which of the three rows below looks most like digits.

# %% setup
import math
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from course import checks, data, device

# %% setup
torch.set_num_threads(1)  # our networks are small: two threads would mostly wait for each other
digits = data.digits()  # 4,000 pictures to learn from, 1,000 to check with
train_x, valid_x = ((x > 0.5).float().flatten(1) for x in (digits.train_x, digits.valid_x))  # ink or no ink
train_y, valid_y = digits.train_y, digits.valid_y
drawn: dict[str, torch.Tensor] = {}  # pictures that your networks invent, for the table at the end


def show(pictures, titles=(), columns=10, size=0.9, **options):
    """Draw pictures of 28 × 28 in rows, ink dark on white paper unless the options say otherwise."""
    options = options or {"cmap": "gray_r", "vmin": 0, "vmax": 1}
    rows = -(-len(pictures) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(size * columns, (size + 0.3 * bool(titles)) * rows))
    for axis in np.ravel(axes):
        axis.set_axis_off()
    for place, (axis, picture) in enumerate(zip(np.ravel(axes), pictures, strict=False)):
        axis.imshow(np.reshape(picture, (28, 28)), **options)
        axis.set_title(titles[place] if titles else "", fontsize=9)
    figure.tight_layout(pad=0.3)


# %%
torch.manual_seed(0)
often = train_x.mean(dim=0)  # how often each pixel has ink
fives, eights = train_x[train_y == 5], train_x[train_y == 8]
show([*torch.bernoulli(torch.full((10, 784), float(often.mean()))), *torch.bernoulli(often.expand(10, -1))])
show([*(0.5 * fives[:10] + 0.5 * eights[:10])])

# %% [markdown]
# None of them. In the first row each pixel has ink with the same chance, in the second with the chance that it has in
# 4,000 real digits; the pixels know nothing of each other, and what comes out is fog. The third row mixes real
# pictures, half a five and half an eight, and shows double exposures. There are $2^{784}$ pictures of ink and paper,
# and the digits among them are like a few threads in an enormous empty hall: a random place is never on a thread, and
# neither is the middle between two places that are. So we look for other coordinates. If we knew a *short*
# description of each digit, from which it can be drawn, then perhaps we could invent descriptions instead of pixels.
#
# ## 1 · Two numbers for a picture
#
# An **autoencoder** is a network whose task sounds pointless: to return its input. The point is the waist. An
# **encoder** turns the picture $x$ into a code $z$ of a few numbers, a **decoder** draws a picture from the code, and
# the loss compares the drawing with the original. Nobody says what the numbers should mean. No label is needed. What
# cannot be carried through the waist is lost, so the network has to find out what matters most.
#
# How do we compare? The classic choice is the **quadratic loss**: the squared differences, added up over the pixels
# of a picture, and averaged over pictures.
#
# $$L = \frac1n \sum_{i=1}^n \lVert x_i - \hat x_i \rVert^2$$
#
# Our pictures are ink or paper, ones and zeros. There is a better loss for these: the decoder says for each pixel how
# *probable* ink is, and the loss is the negative logarithm of the probability that it gives to the whole picture, the
# **binary cross-entropy**, added up over the pixels. The network gives out *logits*; the loss takes the sigmoid.
#
# ### Exercise: through a waist
# difficulty 1/5 · 8 minutes · cards: autoencoder, autoencoder-loss, bce-of-pictures
#
# Fill the blanks. The encoder has one hidden layer, and the decoder is its mirror image: what the encoder narrows, the
# decoder widens. To train it, gradients must find their way from a drawing back through the code to the first layer.
#
# hint: Which three sizes does the encoder go through? Read them backwards.


# %% solution="Autoencoder" promises="leaves-inputs, differentiable(drawing, logits), tensors, no-trace, any-size(one picture)"
class Autoencoder(nn.Module):
    """Pictures (batch, pixels) to their codes (batch, codes) and to logits (batch, pixels) of their drawings."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, codes))  # ? codes
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))  # ? codes | pixels

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        z = self.encoder(x)  # ? self.encoder(x)
        return z, self.decoder(z)  # ? self.decoder(z)


def squared_loss(drawing: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Squared differences, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return ((drawing - x) ** 2).sum(dim=1).mean()  # ? drawing - x | sum(dim=1) | mean()


def ink_loss(logits: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)  # ? "sum" | len(x)


# %% tests="Autoencoder" points=4
def examples(rng):
    net = Autoencoder(5, 4, 2)
    yield checks.example(net, {"x": rng.tensor(3, 5)})
    for loss, name in ((squared_loss, "drawing"), (ink_loss, "logits")):
        yield checks.example(loss, {name: rng.tensor(3, 5), "x": rng.tensor(3, 5, low=0, high=1)})
    one = {"drawing": torch.tensor([[1.0, 2.0]]), "x": torch.tensor([[0.0, 4.0]])}
    yield checks.example(squared_loss, one, size="one picture", right=5.0)


def both_ways(net_class, sizes, weights, x):
    """Shapes of all parameters, code and drawing with these weights, and the first layer's slope of half the squares."""
    import torch

    net = net_class(*sizes)
    with torch.no_grad():
        for p, value in zip(net.parameters(), weights, strict=False):
            if p.shape == value.shape:
                p.copy_(value)
    shapes, parts = [tuple(p.shape) for p in net.parameters()], net(x)
    slope = torch.autograd.grad((parts[1] ** 2).sum() / 2, next(net.parameters()), allow_unused=True)[0]
    return shapes, [part.detach().clone() for part in parts], torch.zeros(1) if slope is None else slope


def through(weights, x):
    """The same from matrices."""
    for place in range(0, 8, 2):
        x = x @ weights[place].T + weights[place + 1]
        if place == 2:
            z = x
        x = x.clamp(min=0) if place in (0, 4) else x
    return z, x


with checks.check("sizes of a network for 5 pixels", hint="pixels, hidden, codes, and back"):
    shapes, (z, drawing), _ = checks.on_student_side(both_ways, Autoencoder, (5, 4, 2), [], torch.ones(3, 5))
    checks.shape(z, 3, 2, what="code")
    checks.shape(drawing, 3, 5, what="drawing")
    checks.equal(shapes, [(4, 5), (4,), (2, 4), (2,), (4, 2), (4,), (5, 4), (5,)], what="parameters")
with checks.check("losses of two pictures of two pixels", hint="a sum over pixels, and a mean over pictures"):
    drawing, x = torch.tensor([[1.0, 3.0], [0.0, 0.0]]), torch.tensor([[0.0, 1.0], [1.0, 1.0]])
    checks.close(squared_loss(drawing, x), 3.5)
    checks.close(ink_loss(torch.zeros(2, 2), x), 2 * math.log(2))
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("the drawing is made from the code, and from nothing else", hint="encoder, then decoder of the code"):
    for sizes in ((6, 5, 2), (4, 7, 3), (5, 3, 1)):
        pixels, hidden, codes = sizes
        ends = [(hidden, pixels), (codes, hidden), (hidden, codes), (pixels, hidden)]
        weights = [rng.tensor(*size) for end in ends for size in (end, end[:1])]
        x = 3 * rng.tensor(rng.integer(1, 4), pixels)
        shapes, parts, slope = checks.on_student_side(both_ways, Autoencoder, sizes, weights, x)
        first = weights[0].clone().requires_grad_()
        expected = through([first, *weights[1:]], x)
        (right_slope,) = torch.autograd.grad(expected[1].square().sum() / 2, first)
        checks.equal(shapes, [tuple(value.shape) for value in weights], what="parameters")
        for got, right, name in zip(parts, expected, ("code", "drawing"), strict=True):
            checks.close(got, right.detach(), rtol=1e-4, atol=1e-5, what=name)
        checks.close(slope, right_slope, rtol=1e-3, atol=1e-3, what="slope that comes back to the first layer")
with checks.check("losses of any number of pictures", hint="twice as many pictures do not double the loss"):
    for n, pixels in ((1, 7), (4, 3), (30, 5)):
        a, x = 4 * rng.tensor(n, pixels), rng.integers(n, pixels, low=0, high=1).float()
        p = torch.sigmoid(a.double())
        right = -(x * p.log() + (1 - x) * (1 - p).log()).sum() / n
        checks.close(squared_loss(a, x), (a - x).double().square().sum() / n, rtol=1e-4, what=f"squared, {n}")
        checks.close(ink_loss(a, x), right, rtol=1e-4, atol=1e-4, what=f"ink, {n}")
### END HIDDEN TESTS

# %% [markdown]
# One loop for this chapter and the next. **Predict:** 784 numbers through *two*: will you recognise anything?


# %% setup
def train(net, loss_of, epochs, seed=0):
    """Trains a network by Adam on batches of 100 pictures, with a rate that falls to nothing; returns its losses."""
    torch.manual_seed(seed)
    optimiser = torch.optim.Adam(net.parameters(), lr=3e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=40 * epochs)
    losses = []
    for _ in range(epochs):
        for rows in torch.randperm(len(train_x))[: device.budget(len(train_x), 20)].split(100):
            loss = loss_of(net, train_x[rows])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
    return losses


# %%
torch.manual_seed(0)
autoencoder = Autoencoder(784, 128, 2)
losses = train(autoencoder, lambda net, x: ink_loss(net(x)[1], x), device.budget(40, 20))
with torch.no_grad():
    codes, logits = autoencoder(valid_x)
print(f"nats a picture: {sum(losses[:5]) / 5:.0f} at first, {sum(losses[-40:]) / 40:.0f} at the end, ", end="")
print(f"{ink_loss(logits, valid_x).item():.0f} on new pictures")
show([*valid_x[::100][:10], *torch.sigmoid(logits)[::100][:10]])

# %% [markdown]
# Two numbers carry surprisingly much: which digit it is, mostly, and something of how it leans; the finer points of the
# handwriting did not fit through. (A **nat** is the unit of a negative natural logarithm. Told pixel by pixel, with the
# chances of the second row above, a digit costs about 208 of them.)
#
# ## 2 · The map of all drawings
#
# With two numbers we can see *all* the codes at once, as points in a plane. And turned round: we can lay a grid over
# the plane, decode each of its places, and look at every picture that this decoder can draw.
#
# ### Exercise: a map
# difficulty 3/5 · 12 minutes · cards: latent-plane, interpolation
#
# Write both, for `n` of at least 2. `in_between` gives `n` codes on the straight line from one code to another,
# evenly spaced, both ends included.
#
# `plane` draws the map. `decode` takes codes (k, 2) in float32 to square pictures (k, side · side), for any k; you may
# call it as often as you like. The map is one large picture of $n \times n$ small ones, in the type that `decode`
# returns. On the map, as on any map, the first number of the code grows to the *right*, from `low` to `high`, and the
# second one grows *upwards*. In a tensor row 0 is at the top.
#
# hint: First the codes, in the order in which one reads: the top row from left to right, then the next.
#
# hint: The axes of a tensor (n, n, side, side): row of the map, column of the map, row within, column within. Which order
# makes rows of pixels that run through all columns?


# %% solution="plane" promises="leaves-inputs, tensor, any-float"
def in_between(start: torch.Tensor, end: torch.Tensor, n: int) -> torch.Tensor:
    """n codes (n, codes) from start (codes,) to end (codes,)."""
    ### BEGIN SOLUTION
    share = torch.linspace(0, 1, n, dtype=start.dtype)[:, None]
    return start + share * (end - start)
    ### END SOLUTION


def plane(decode, low: float, high: float, n: int) -> torch.Tensor:
    """The map (n * side, n * side) of what decode draws for the codes from low to high."""
    ### BEGIN SOLUTION
    places = torch.linspace(low, high, n)
    codes = torch.stack([places.repeat(n), places.flip(0).repeat_interleave(n)], dim=1)
    pictures = decode(codes)
    side = math.isqrt(pictures.shape[1])
    return pictures.reshape(n, n, side, side).permute(0, 2, 1, 3).reshape(n * side, n * side)
    ### END SOLUTION


# %% tests="plane" points=5
def drawn_by(plane, weights, low, high, n):
    """The student's map for a decoder that takes only float32, as a network does; pixels linear in 1, z1, z2, z1 z2."""
    import torch

    def decode(z):
        z = (torch.as_tensor(z) @ torch.eye(2, dtype=torch.float32)).to(weights.dtype)
        return torch.stack([z[:, 0] * 0 + 1, z[:, 0], z[:, 1], z[:, 0] * z[:, 1]], dim=1) @ weights

    return plane(decode, low, high, n)


def examples(rng):
    map_of = lambda weights: checks.on_student_side(drawn_by, plane, weights, -1.0, 2.0, 3)
    line = lambda start, end: in_between(start, end, 4)
    yield checks.example(map_of, {"weights": rng.tensor(4, 4)})
    yield checks.example(line, {"start": rng.tensor(3), "end": rng.tensor(3)})


with checks.check("three codes from (0, 4) to (2, 0)", hint="start, middle, end"):
    got = in_between(torch.tensor([0.0, 4.0]), torch.tensor([2.0, 0.0]), 3)
    checks.close(got, [[0.0, 4.0], [1.0, 2.0], [2.0, 0.0]])
with checks.check("a map of four pictures of one pixel, which is z1 + 10 z2", hint="which code is at the top left?"):
    weights = torch.tensor([[0.0], [1.0], [10.0], [0.0]])
    checks.close(checks.on_student_side(drawn_by, plane, weights, 0.0, 1.0, 2), [[10.0, 11.0], [0.0, 1.0]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("lines of any length, in any direction, between codes of any size", hint="how long is one step?"):
    for n, size in ((2, 2), (7, 5), (5, 1), (30, 3)):
        start, end = 5 * rng.tensor(size), 5 * rng.tensor(size)
        right = [(start * (n - 1 - k) + end * k) / (n - 1) for k in range(n)]
        checks.close(in_between(start, end, n), torch.stack(right), rtol=1e-4, atol=1e-5, what=f"{n} codes")
with checks.check("maps of larger pictures, of any part of the plane", points=2, hint="rows of the map, rows within"):
    for n, side, low, high in ((2, 3, -1.0, 1.0), (4, 2, -3.0, 0.5), (3, 5, 0.5, 2.0), (5, 1, -2.0, 2.5)):
        weights = rng.tensor(4, side * side)
        got = checks.on_student_side(drawn_by, plane, weights, low, high, n)
        right = torch.zeros(n * side, n * side)
        for row in range(n):
            for column in range(n):
                z1, z2 = (low + (high - low) * place / (n - 1) for place in (column, n - 1 - row))
                tile = (torch.tensor([1.0, z1, z2, z1 * z2]) @ weights).reshape(side, side)
                right[row * side : row * side + side, column * side : column * side + side] = tile
        checks.close(got, right, rtol=1e-3, atol=1e-4, what=f"{n} × {n} pictures of side {side}")
### END HIDDEN TESTS

# %% [markdown]
# On the left, the codes of the 1,000 validation pictures; on the right, the map of all that the decoder draws there.
# **Predict** what it draws in places where no code lies.


# %%
def map_of(net, codes, low, high):
    """The codes of the validation pictures beside the map of what the decoder draws."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(10.5, 5))
    dots = left.scatter(*codes.T, c=valid_y, cmap="tab10", vmin=-0.5, vmax=9.5, s=6)
    figure.colorbar(dots, ax=left, ticks=range(10), fraction=0.046)
    left.plot([low, high, high, low, low], [low, low, high, high, low], color="black", linewidth=0.8)
    left.set(xlabel="first number of the code", ylabel="second number", aspect="equal")
    with torch.no_grad():
        sheet = plane(lambda z: torch.sigmoid(net.decoder(z)), low, high, 16)
    right.imshow(sheet, cmap="gray_r", extent=(low, high, low, high))
    right.set(title="what the decoder draws within the square", xlabel="first number")
    figure.tight_layout()


map_of(autoencoder, codes, codes.min().item(), codes.max().item())

# %% [markdown]
# An **irregular** plane. The classes lie in rays and clumps, as large and as far out as the training happened to push
# them; between them are empty regions, where the decoder was never asked to draw and draws what it likes. (Turn the
# plane or stretch it, and the loss is the same: nothing fixes the scale.)
#
# So which codes should an inventor pick? Nobody knows. Here are twenty from a normal distribution with the mean and
# the spread of the real codes, the best guess without looking closer. **Predict:** how many will be digits?

# %%
torch.manual_seed(0)
picked = codes.mean(dim=0) + codes.std(dim=0) * torch.randn(500, 2)
with torch.no_grad():
    drawn["autoencoder, normal codes"] = torch.sigmoid(autoencoder.decoder(picked))
show(drawn["autoencoder, normal codes"][:20])

# %% [markdown]
# Some are; others lie between classes, part this, part that. Now a walk between two codes, above the same in pixels.

# %%
one, other = (int(torch.nonzero(valid_y == digit)[0]) for digit in (0, 1))
with torch.no_grad():
    walk = torch.sigmoid(autoencoder.decoder(in_between(codes[one], codes[other], 10)))
show([*walk, *in_between(valid_x[one], valid_x[other], 10)])

# %% [markdown]
# In pixels one picture fades out while the other fades in. In codes each step is *one* drawing, which bends into the next;
# where the walk crosses other classes' country, it shows them.
#
# What is missing is a law. If the codes of real digits were spread like a distribution that we know, without holes,
# then inventing a digit would be easy: draw a code from it, decode. An autoencoder gives no such promise, since
# nothing in its loss asks for one. The next chapter adds one term to the loss, and asks.
#
# *Further reading:* Goodfellow and others, *Deep Learning*, chapter 14; Hinton and Salakhutdinov, "Reducing the
# Dimensionality of Data with Neural Networks", *Science* 313 (2006), where a deeper network does the same.
#
# ## 3 · Seen once
#
# Codes are also good for *comparing*. A door for 1,000 employees cannot be a classifier: it would have to be trained
# anew for everybody who joins, from one photograph (**one-shot learning**). So one learns a *distance*. A **siamese**
# network encodes two pictures with the same weights, and the squared distance $\lVert f(a) - f(b) \rVert^2$ of their
# codes says whether they show the same person. It learns from **triplets**, an anchor, a positive (the same person) and
# a negative (somebody else), until the negative is farther away than the positive by at least a margin:
#
# $$L = \max\bigl(\lVert f(a) - f(p) \rVert^2 - \lVert f(a) - f(n) \rVert^2 + \text{margin},\; 0\bigr)$$
#
# *Verification* is one question: is this Ann? *Recognition* is one to many: who of these is it, if anybody?
#
# ### Exercise: who is it?
# difficulty 3/5 · 12 minutes · cards: triplet-loss, siamese, verification-recognition, one-shot
#
# `triplet_loss` is the mean of $L$ over the triplets. `recognise` compares one code with one known code of each person:
# the name of the nearest one, or `None` if even this is at a *squared* distance of more than `limit`. At exactly
# `limit` the door opens.
#
# hint: Where does the max stand: inside the mean, or outside? What would an easy triplet do to a hard one otherwise?


# %% solution="who" promises="leaves-inputs, differentiable(anchor, positive, negative), any-float, any-size(one person)"
def triplet_loss(anchor, positive, negative, margin: float) -> torch.Tensor:
    """The mean loss () of triplets of codes, each (batch, codes)."""
    ### BEGIN SOLUTION
    near, far = ((anchor - other).square().sum(dim=1) for other in (positive, negative))
    return (near - far + margin).clamp(min=0).mean()
    ### END SOLUTION


def recognise(code: torch.Tensor, known: torch.Tensor, names: list[str], limit: float) -> str | None:
    """The name of the nearest of the known codes (people, codes), unless it is too far from code (codes,)."""
    ### BEGIN SOLUTION
    distances = (known - code).square().sum(dim=1)
    nearest = int(distances.argmin())
    return names[nearest] if distances[nearest] <= limit else None
    ### END SOLUTION


# %% tests="who" points=5
def examples(rng):
    given = {"anchor": rng.tensor(4, 3), "positive": rng.tensor(4, 3), "negative": rng.tensor(4, 3)}
    yield checks.example(triplet_loss, given | {"margin": 20.0})
    one = {"code": torch.zeros(2), "known": torch.zeros(1, 2), "names": ["Ann"], "limit": 0.5}
    yield checks.example(recognise, one, size="one person", right="Ann")


with checks.check("one triplet: near 1, far 4", hint="squared distances; and a loss is never negative"):
    codes = [torch.tensor([[value, 0.0]]) for value in (0.0, 1.0, -2.0)]
    checks.close(triplet_loss(*codes, 5.0), 2.0)
    checks.close(triplet_loss(*codes, 1.0), 0.0, atol=1e-6)
with checks.check("Ann, Bob or nobody", hint="the nearest, if it is near enough"):
    known = torch.tensor([[0.0, 0.0], [3.0, 0.0]])
    checks.equal(recognise(torch.tensor([2.0, 0.0]), known, ["Ann", "Bob"], 1.0), "Bob")
    checks.true(recognise(torch.tensor([1.5, 2.0]), known, ["Ann", "Bob"], 1.0) is None, "expected None: all are far")
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("losses of easy and hard triplets together", points=2, hint="each triplet on its own, then the mean"):
    for n, size, margin in ((8, 3, 0.2), (1, 4, 0.0), (12, 1, 3.0), (6, 2, 50.0)):
        a, p, q = (2 * rng.tensor(n, size) for _ in range(3))
        q[0], p[n // 2] = a[0] + 20, a[n // 2] + 3
        one = (a - p).double().square().sum(1) - (a - q).double().square().sum(1) + margin
        checks.close(triplet_loss(a, p, q, margin), one.clamp(min=0).mean(), rtol=1e-3, atol=1e-5, what=f"{n} triplets")
with checks.check("whom it knows, and strangers", hint="squared distances here too; a limit that is reached counts"):
    names = rng.words(5)
    known = 10 * torch.eye(5)[rng.permutation(5)] + rng.tensor(5, 5)
    for place, name in enumerate(names):
        step = torch.zeros(5)
        step[rng.integer(0, 4)] = rng.choice([-1.5, 1.5])
        checks.equal(recognise(known[place] + step, known, names, 3.0), name, what="at 2.25, squared, and limit 3")
        checks.true(recognise(known[place] + step, known, names, 2.0) is None, "expected None at 2.25, limit 2")
    crowd = torch.stack([known[2] + 0.5, known[2] + 0.1, known[2] - 0.3])
    checks.equal(recognise(known[2], crowd, names[:3], 9.0), names[1], what="where all are near enough, the nearest")
    signs = torch.tensor([[-3.0, 3.0], [3.0, 3.0]])
    checks.equal(
        recognise(torch.tensor([1.0, 3.0]), signs, ["left", "right"], 4.0), "right", what="at exactly the limit"
    )
    checks.equal(recognise(torch.tensor([-2.5, 2.0]), signs, ["left", "right"], 9.0), "left", what="by its sign")
### END HIDDEN TESTS

# %% [markdown]
# The people are digits. A network learns from triplets of 0 to 6, shifted a little by chance. Then the door gets *one*
# picture of each and has to name the others: 0 to 6 first, then 7 to 9, which are new to it. **Predict** both shares,
# and those of pixels. (Codes have length 1 here, so squared distances end at 4, and a limit of 9 turns nobody away.)

# %%
torch.manual_seed(0)
maps = nn.Conv2d(1, 12, 4, 2, 1), nn.ReLU(), nn.Conv2d(12, 24, 4, 2, 1), nn.ReLU()
encode = nn.Sequential(*maps, nn.Flatten(), nn.Linear(1176, 32))
optimiser = torch.optim.Adam(encode.parameters(), lr=1e-3)
by_digit = torch.stack([digits.train_x[train_y == digit] for digit in range(7)])[:, :, None]  # (7, 400, 1, 28, 28)
for _ in range(device.budget(250, 20)):
    same, other = torch.randint(7, (64,)), torch.randint(1, 7, (64,))
    who = torch.stack([same, same, (same + other) % 7])
    x = by_digit[who, torch.randint(400, who.shape)].flatten(0, 1).roll(torch.randint(-2, 3, (2,)).tolist(), (2, 3))
    loss = triplet_loss(*F.normalize(encode(x)).chunk(3), 1.0)
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()

# %%
with torch.no_grad():
    learnt = F.normalize(encode(digits.valid_x[:, None]))
for group in (range(7), range(7, 10)):
    for name, codes_of in {"pixels": F.normalize(valid_x), "learnt codes": learnt}.items():
        found = []
        for seed in range(10):
            rng = np.random.default_rng(seed)
            known = [int(rng.choice(torch.nonzero(valid_y == digit)[:, 0].numpy())) for digit in group]
            asked = torch.isin(valid_y, torch.tensor(group)).nonzero()[:, 0]
            named = [recognise(codes_of[one], codes_of[known], [*map(str, group)], 9.0) for one in asked]
            found.append(np.mean([name == str(int(valid_y[one])) for name, one in zip(named, asked, strict=True)]))
        spread = f"between {min(found):.1%} and {max(found):.1%}"
        print(f"{group[0]} to {group[-1]} by {name:13}{np.mean(found):6.1%} right ({spread})")

# %% [markdown]
# From one picture each, the network is far ahead of pixels with the seven that it learnt from. With new ones it gains
# little: it learnt what tells *these seven* apart, and seven people are not mankind. Networks for doors learn from
# thousands or millions of people.

# %% [markdown] question="the_door" points=2
# **The door.** A company wants a door that opens for its 1,000 employees, each known from one photograph. Why no classifier
# with 1,000 classes? What does a smaller `limit` change, and for whom? Name an attack that no limit stops.
#
# ### BEGIN MARK SCHEME
# - 1 point: a classifier needs many pictures of each and new training for everybody who joins or leaves, and must always
#   name somebody; a learnt distance needs one picture. A smaller limit rejects more strangers and more employees.
# - 1 point: a photograph held before the camera (a liveness check is needed), or a picture or pair of glasses made by an
#   attack like section 14's.
# - Half an answer: "make it more accurate" names no attack: no second point.
# ### END MARK SCHEME

# %% [markdown]
# *Further reading:* Schroff and others, "FaceNet" (2015), arXiv 1503.03832; Taigman and others, "DeepFace" (2014).
#
# **Now you can** squeeze pictures through a waist and draw them again, make a map of a plane of codes, walk between two
# pictures, say what an autoencoder does not promise about its codes, and recognise somebody whom a network has seen once.
