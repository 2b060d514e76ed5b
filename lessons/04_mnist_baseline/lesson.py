# %% [markdown]
# # From pixels to a learner
# You will teach a computer to read handwritten digits, first without any learning at all, then with every part of the
# training loop written by your own hands, and at last with a library that does in five lines what you built in fifty.
# By then you will know what those five lines do, because you will have written all of it.
#
# **How to read this notebook.** Before you run a cell, say what you expect to see. Then run it and look. The surprise
# is where the learning happens. Cells that read `# YOUR CODE HERE` or `____` are yours; the cell below each of them
# tells you how far you got. If an exercise will not come out, go on: the next one does not need it.

# %% setup
import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from course import checks, data, device

# %% setup
digits = data.best_mnist()  # the 5,000 digits of this course, or all 70,000 if they are here
reached: dict[str, float] = {}  # how well each method does, for a table near the end


def show(pictures, titles=(), size=1.5):
    """Draw pictures side by side, ink dark on white paper."""
    width = size * len(pictures)
    figure, axes = plt.subplots(1, len(pictures), figsize=(width, size + 0.3), squeeze=False)
    for place, axis in enumerate(axes[0]):
        axis.imshow(pictures[place], cmap="gray_r", vmin=0, vmax=1)
        axis.set_title(titles[place] if titles else "", fontsize=9)
        axis.set_axis_off()
    figure.tight_layout()


# %%
columns = [torch.cat([*digits.train_x[digits.train_y == digit][:4]]) for digit in range(10)]
show([torch.cat(columns, dim=1)], [f"a few of our {len(digits.train_x):,} pictures"], size=6)

# %% [markdown]
# Somebody wrote these with a pen, more than thirty years ago, and somebody else typed in which digit each one is.
# That pair, picture and label, is all a learning program ever gets to see.
#
# ## 1 · A picture is a table of numbers
#
# A grey picture is a tensor with two axes: rows from top to bottom, columns from left to right. Zero is bare paper
# and one is full ink. **Predict:** where in the table below will the largest numbers stand, and what will lie between
# ink and paper?

# %%
three = digits.train_x[digits.train_y == 3][0]
figure, axis = plt.subplots(figsize=(7, 7))
axis.imshow(three[3:26, 3:26], cmap="gray_r", alpha=0.5)
for row in range(23):
    for column in range(23):
        value = int(three[row + 3, column + 3] * 255)
        axis.text(column, row, value, ha="center", va="center", fontsize=6)
axis.set_title("one three, its ink measured from 0 to 255 (edges cut off)")
figure.tight_layout()

# %% [markdown]
# The numbers in the picture are those a scanner delivers: whole numbers from 0 to 255, one byte each, `torch.uint8`.
# They are easy to store and bad to calculate with. **Predict:** what is 200 + 100, if the result must be a byte
# again?

# %%
byte = torch.tensor([200, 100], dtype=torch.uint8)
print("200 + 100 in bytes:", (byte[0] + byte[1]).item())
print("as floats:         ", (byte[0].float() + byte[1].float()).item())

# %% [markdown]
# A byte has no room for 300, so it starts again at 0. That is why the first thing anybody does with pictures is to
# change their type and their scale.
#
# ### Exercise: stack and scale
# difficulty 1/5 · 5 minutes · cards: stack-or-cat, scale-bytes
#
# A data set often arrives as a Python list, one small tensor per picture. Put the list into *one* tensor with a new
# first axis that counts the pictures, and scale the bytes to floats between 0 and 1. 255 means full ink in every
# picture, also in one that happens to be faint.
#
# hint: `torch.stack` makes a new axis; `torch.cat` glues along an axis that is there already.


# %% solution="stack_pictures"
def stack_pictures(pictures: list[torch.Tensor]) -> torch.Tensor:
    """One float32 tensor (n, height, width), from 0 to 1, out of n pictures of type uint8."""
    ### BEGIN SOLUTION
    return torch.stack(pictures).float() / 255
    ### END SOLUTION


# %% tests="stack_pictures" points=3
with checks.check("two tiny pictures become one stack", hint="what makes a new first axis? What do 51 and 255 become?"):
    left, right = torch.tensor([[0, 255], [51, 102]]), torch.tensor([[255, 204], [0, 153]])
    got = stack_pictures([left.to(torch.uint8), right.to(torch.uint8)])
    checks.close(got, [[[0.0, 1.0], [0.2, 0.4]], [[1.0, 0.8], [0.0, 0.6]]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("any number of pictures of any size, as float32", hint="change the type before you divide"):
    raw = rng.integers(rng.integer(3, 6), rng.integer(4, 7), rng.integer(8, 9), low=0, high=255).to(torch.uint8)
    got = stack_pictures(list(raw))
    checks.dtype(got, torch.float32)
    checks.close(got, raw.double() / 255)
with checks.check("faint pictures stay faint", hint="255 is full ink, whatever the darkest pixel at hand may be"):
    raw = rng.integers(3, 5, 5, low=0, high=90).to(torch.uint8)
    checks.close(stack_pictures(list(raw)), raw.double() / 255)
### END HIDDEN TESTS


# %% equivalent="stack_pictures: dividing bytes makes float32 as well"
# - return torch.stack(pictures).float() / 255
# + return torch.stack(pictures) / 255


# %% right="stack_pictures: glue, each with a new axis"
def stack_pictures(pictures):
    return torch.cat([picture[None] for picture in pictures]).div(255)


# %% right="stack_pictures: fill a tensor of zeros"
def stack_pictures(pictures):
    result = torch.zeros(len(pictures), *pictures[0].shape)
    for place, picture in enumerate(pictures):
        result[place] = picture.to(torch.float32) / 255.0
    return result


# %% wrong="stack_pictures: cat instead of stack"
def stack_pictures(pictures):
    return torch.cat(pictures).float() / 255


# %% wrong="stack_pictures: divides by the largest pixel at hand"
def stack_pictures(pictures):
    stacked = torch.stack(pictures).float()
    return stacked / stacked.max()


# %% wrong="stack_pictures: forgets to scale"
def stack_pictures(pictures):
    return torch.stack(pictures).float()


# %% wrong="stack_pictures: whole-number division"
def stack_pictures(pictures):
    return (torch.stack(pictures) // 255).float()


# %% [markdown]
# ## 2 · The laziest classifier that might work
#
# Ten digits are many. Start with two that most people can tell apart: is it a **three or a seven**? Before any neural
# network, ask what the dumbest idea would reach. That number is the *baseline*: a network that does not beat it has
# learnt nothing worth its electricity, and very often a baseline shows that something is broken long before a network
# does.
#
# Here is a dumb idea. Average all the threes into one ideal three, average the sevens too, and say of a new picture
# that it is whatever ideal it lies closer to.
#
# The training pictures are for finding the ideals; the validation pictures, which the program has never seen, are for
# finding out whether it works.

# %% setup
threes, sevens = (digits.train_x[digits.train_y == digit] for digit in (3, 7))
valid_threes, valid_sevens = (digits.valid_x[digits.valid_y == digit] for digit in (3, 7))

# %%
print("training:  ", tuple(threes.shape), "threes,", tuple(sevens.shape), "sevens")
print("validation:", tuple(valid_threes.shape), "threes,", tuple(valid_sevens.shape), "sevens")

# %% [markdown]
# ### Exercise: along which axis?
# difficulty 1/5 · 5 minutes · cards: reduce-axis, mean-digit
#
# A stack has three axes: picture, row, column. Whatever axis you name in `mean` is the one that *disappears*. Fill
# the blanks:
#
# - `template`, shape (height, width): for each pixel, its mean over all the pictures: the ideal digit;
# - `ink`, shape (n,): for each picture, the mean of all its pixels;
# - `heaviest`, shape (height, width): the picture with the most ink.


# %% solution="summarise"
def summarise(pictures: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The mean picture, the mean ink of each picture, and the picture with the most ink."""
    template = pictures.mean(dim=0)  # ? mean | dim=0
    ink = pictures.mean(dim=(1, 2))  # ? (1, 2)
    heaviest = pictures[ink.argmax()]  # ? argmax
    return template, ink, heaviest


# %% tests="summarise" points=3
with checks.check("the mean of two pictures, pixel by pixel", hint="name the axis that should disappear"):
    pair = torch.tensor([[[0.0, 1.0, 0.5]], [[1.0, 1.0, 0.1]]])
    checks.close(summarise(pair)[0], [[0.5, 1.0, 0.3]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
x = rng.tensor(rng.integer(4, 7), 3, 8, low=0, high=1)
with checks.check("one amount of ink for each picture", hint="which two axes make up one picture?"):
    checks.close(summarise(x)[1], [sum(map(sum, picture)) / 24 for picture in x.tolist()])
with checks.check(
    "template and heaviest of any stack", hint="which axis disappears in each? Where is the largest ink?"
):
    place = max(range(len(x)), key=lambda n: x[n].sum())
    checks.close(summarise(x)[0], sum(x) / len(x), what="template")
    checks.close(summarise(x)[2], x[place], what="heaviest")
### END HIDDEN TESTS


# %% equivalent="summarise: a mean over two axes knows no order"
# - ink = pictures.mean(dim=(1, 2))
# + ink = pictures.mean(dim=(2, 1))


# %% right="summarise: by adding up"
def summarise(pictures):
    template = sum(pictures) / len(pictures)
    ink = torch.stack([picture.mean() for picture in pictures])
    return template, ink, pictures[ink.max(dim=0).indices]


# %% right="summarise: negative axes"
def summarise(pictures):
    template = pictures.mean(dim=-3)
    ink = pictures.mean(dim=(-1, -2))
    heaviest = pictures[ink.argmax()]
    return template, ink, heaviest


# %% wrong="summarise: the mean of everything as template"
def summarise(pictures):
    template = pictures.mean()
    ink = pictures.mean(dim=(1, 2))
    heaviest = pictures[ink.argmax()]
    return template, ink, heaviest


# %% wrong="summarise: mixes up the axes of ink"
def summarise(pictures):
    template = pictures.mean(dim=0)
    ink = pictures.mean(dim=(0, 1))
    heaviest = pictures[ink.argmax()]
    return template, ink, heaviest


# %% wrong="summarise: max instead of argmax"
def summarise(pictures):
    template = pictures.mean(dim=0)
    ink = pictures.mean(dim=(1, 2))
    heaviest = pictures[ink.max()]
    return template, ink, heaviest


# %% wrong="summarise: sum instead of mean"
def summarise(pictures):
    template = pictures.sum(dim=0)
    ink = pictures.mean(dim=(1, 2))
    heaviest = pictures[ink.argmax()]
    return template, ink, heaviest


# %% [markdown]
# **Predict:** what will the mean of hundreds of threes look like? Sharp or blurred, and where most?

# %%
mean_three, ink, heaviest = summarise(threes)
mean_seven, _, _ = summarise(sevens)
titles = ["mean three", "mean seven", "most ink", "least ink"]
show([mean_three, mean_seven, heaviest, threes[ink.argmin()]], titles, size=2)

# %% setup
# What follows uses these two, so that it does not depend on your answer above.
ideal_three, ideal_seven = sum(threes) / len(threes), sum(sevens) / len(sevens)

# %% [markdown]
# Dark where all writers agree, grey where everybody has an opinion of their own. Now we need to say what *closer*
# means. Subtract one picture from the other: a difference for each pixel, some positive, some negative. Adding them
# up would let the two kinds cancel, so there are two usual ways to get rid of the sign:
#
# $$\text{L1}(a, b) = \frac1N \sum_i |a_i - b_i| \qquad\qquad \text{RMSE}(a, b) = \sqrt{\frac1N \sum_i (a_i - b_i)^2}$$
#
# L1 is also called *mean absolute difference*. RMSE reads backwards: the **r**oot of the **m**ean of the **s**quared
# **e**rror.
#
# ### Exercise: two kinds of distance
# difficulty 2/5 · 8 minutes · cards: l1-rmse, negative-axes
#
# Write both. Take the mean over the last two axes only, so that the same function measures one picture or a whole
# stack at once: from shapes (28, 28) and (28, 28) it makes a single number, from (n, 28, 28) and (28, 28) it makes n
# numbers.
#
# hint: `mean` takes a tuple of axes; -1 is the last axis, -2 the one before, however many there are in front.


# %% solution="distances"
def l1_distance(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The mean absolute difference over the last two axes: (..., height, width) in, (...) out."""
    ### BEGIN SOLUTION
    return (a - b).abs().mean(dim=(-1, -2))
    ### END SOLUTION


def rmse_distance(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The root of the mean squared difference over the last two axes."""
    ### BEGIN SOLUTION
    return (a - b).pow(2).mean(dim=(-1, -2)).sqrt()
    ### END SOLUTION


# %% tests="distances" points=4
a, b = torch.tensor([[1.0, 0.0], [0.0, 0.5]]), torch.tensor([[0.0, 0.0], [1.0, 0.5]])
with checks.check("L1 of two tiny pictures", hint="do plus and minus cancel in your sum?"):
    checks.close(l1_distance(a, b), 0.5)
with checks.check("RMSE of two tiny pictures", hint="square, then mean, then root"):
    checks.close(rmse_distance(a, b), 0.5**0.5)
### BEGIN HIDDEN TESTS
rng = checks.rng()
x, y = rng.tensor(rng.integer(3, 6), 4, 7), rng.tensor(4, 7)
with checks.check("L1 of a whole stack, one number a picture", hint="the first axis must survive the mean"):
    checks.close(l1_distance(x, y), [F.l1_loss(picture, y) for picture in x])
with checks.check("RMSE of a whole stack, one number a picture", hint="take the root after the mean, for each picture"):
    checks.close(rmse_distance(x, y), [F.mse_loss(picture, y).item() ** 0.5 for picture in x])
### END HIDDEN TESTS


# %% equivalent="distances: a mean over two axes knows no order"
# - return (a - b).abs().mean(dim=(-1, -2))
# + return (a - b).abs().mean(dim=(-2, -1))


# %% equivalent="distances: a magnitude has no sign"
# - return (a - b).abs().mean(dim=(-1, -2))
# + return (b - a).abs().mean(dim=(-1, -2))


# %% equivalent="distances: a mean over two axes knows no order, squared or not"
# - return (a - b).pow(2).mean(dim=(-1, -2)).sqrt()
# + return (a - b).pow(2).mean(dim=(-2, -1)).sqrt()


# %% equivalent="distances: a square has no sign"
# - return (a - b).pow(2).mean(dim=(-1, -2)).sqrt()
# + return (b - a).pow(2).mean(dim=(-1, -2)).sqrt()


# %% right="distances: flatten first"
def l1_distance(a, b):
    return torch.abs(a - b).flatten(-2).mean(-1)


def rmse_distance(a, b):
    return torch.sqrt(((a - b) ** 2).flatten(-2).mean(-1))


# %% right="distances: by norms"
def l1_distance(a, b):
    return (a - b).abs().sum((-2, -1)) / (a.shape[-1] * a.shape[-2])


def rmse_distance(a, b):
    return torch.linalg.matrix_norm(a - b) / (a.shape[-1] * a.shape[-2]) ** 0.5


# %% wrong="distances: forgets the magnitude"
def l1_distance(a, b):
    return (a - b).mean(dim=(-1, -2))


def rmse_distance(a, b):
    return (a - b).pow(2).mean(dim=(-1, -2)).sqrt()


# %% wrong="distances: means over the whole stack"
def l1_distance(a, b):
    return (a - b).abs().mean()


def rmse_distance(a, b):
    return (a - b).pow(2).mean().sqrt()


# %% wrong="distances: forgets the root"
def l1_distance(a, b):
    return (a - b).abs().mean(dim=(-1, -2))


def rmse_distance(a, b):
    return (a - b).pow(2).mean(dim=(-1, -2))


# %% wrong="distances: root before the mean"
def l1_distance(a, b):
    return (a - b).abs().mean(dim=(-1, -2))


def rmse_distance(a, b):
    return (a - b).pow(2).sqrt().mean(dim=(-1, -2))


# %% wrong="distances: only along the rows"
def l1_distance(a, b):
    return (a - b).abs().mean(dim=-1)


def rmse_distance(a, b):
    return (a - b).pow(2).mean(dim=-1).sqrt()


# %% [markdown]
# Do the two ever disagree? Spoil a three in two ways: spread a faint grey over the whole sheet, or drop a few fully
# black pixels into a corner. **Predict** which one L1 minds more, and which one RMSE minds more.

# %%
grey, blot = three.clone(), three.clone()
grey[three < 0.1] += 0.1  # a little everywhere
blot[1:5, 1:5] = 1.0  # a lot in one place
show([three, grey, blot], titles=["original", "grey veil", "ink blot"])
for name, spoilt in (("veil", grey), ("blot", blot)):
    print(f"{name}: L1 {l1_distance(three, spoilt):.3f}   RMSE {rmse_distance(three, spoilt):.3f}")

# %% [markdown]
# Squaring makes small differences negligible and large ones loud: RMSE is the one that cares about outliers.
#
# One subtraction can compare a whole stack with one ideal. The stack has shape (n, 28, 28), the ideal (28, 28).
# PyTorch lines up the shapes *from the right*, and where one tensor has no axis (or one of length 1) it behaves *as
# if* repeated, without a copy:
#
# ```
# stack   n × 28 × 28
# ideal       28 × 28
# result  n × 28 × 28
# ```
#
# That is **broadcasting**, and it is why the classifier below needs no loop.
#
# ### Exercise: is it a three?
# difficulty 2/5 · 10 minutes · cards: broadcasting-rule, broadcast-trap, accuracy
#
# `is_3` says of every picture in a stack whether it lies closer to the ideal three than to the ideal seven, by
# whatever `distance` it is given. `accuracy` says what share of the answers is right.
#
# One trap is worth a point. If somebody compares answers of shape (n,) with labels of shape (n, 1), broadcasting
# quietly makes an n × n table and the share of *that* is nonsense. So let `accuracy` raise a `ValueError` when the
# shapes differ.
#
# hint: `distance(pictures, three)` has one number a picture; comparing two such tensors with `<` gives one bool a
# picture.


# %% solution="is_3"
def is_3(pictures, three, seven, distance):
    """For each picture, True where it is closer to the ideal three than to the ideal seven."""
    ### BEGIN SOLUTION
    return distance(pictures, three) < distance(pictures, seven)
    ### END SOLUTION


def accuracy(answers: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The share of answers that equal their labels; ValueError when the shapes differ."""
    ### BEGIN SOLUTION
    if answers.shape != labels.shape:
        raise ValueError(f"{tuple(answers.shape)} answers for {tuple(labels.shape)} labels")
    return (answers == labels).float().mean()
    ### END SOLUTION


# %% tests="is_3" points=5
white, black = torch.zeros(2, 2), torch.ones(2, 2)
with checks.check("of three tiny pictures, those that are closer to the three", hint="closer means a smaller distance"):
    stack = torch.stack([white + 0.2, white + 0.6, white + 0.4])
    got = is_3(stack, white, black, lambda a, b: (a - b).abs().mean((-1, -2)))
    checks.equal(got, torch.tensor([True, False, True]))
with checks.check("three of four right is an accuracy of 0.75", hint="the share of places that agree"):
    yes, no = True, False
    checks.close(accuracy(torch.tensor([yes, no, yes, yes]), torch.tensor([yes, no, no, yes])), 0.75)
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("any stack, by the distance that is passed in", hint="call distance; do not choose one yourself"):
    x, one, other = rng.tensor(40, 3, 5), rng.tensor(3, 5), rng.tensor(3, 5)
    got = is_3(x, one, other, lambda a, b: (a - b).abs().amax((-1, -2)))
    slow = [max((p - one).abs().flatten().tolist()) < max((p - other).abs().flatten().tolist()) for p in x]
    checks.equal(got, torch.tensor(slow))
with checks.check("accuracy of ten classes too", hint="does your comparison work for other numbers than 0 and 1?"):
    answers, labels = rng.integers(200, low=0, high=9), rng.integers(200, low=0, high=4)
    checks.close(
        accuracy(answers, labels), sum(a == b for a, b in zip(answers.tolist(), labels.tolist(), strict=True)) / 200
    )
with checks.check("accuracy refuses shapes that differ", hint="compare the shapes first, and raise ValueError"):
    answers = rng.integers(6, low=0, high=1)
    checks.raises(ValueError, accuracy, answers, answers[:, None])
### END HIDDEN TESTS


# %% equivalent="is_3: a picture at the same distance from both is neither"
# - return distance(pictures, three) < distance(pictures, seven)
# + return distance(pictures, three) <= distance(pictures, seven)


# %% equivalent="is_3: a distance is the same both ways"
# - return distance(pictures, three) < distance(pictures, seven)
# + return distance(three, pictures) < distance(pictures, seven)


# %% equivalent="is_3: a distance is the same both ways, to the seven too"
# - return distance(pictures, three) < distance(pictures, seven)
# + return distance(pictures, three) < distance(seven, pictures)


# %% right="is_3: by a difference and an assertion of our own"
def is_3(pictures, three, seven, distance):
    advantage = distance(pictures, seven) - distance(pictures, three)
    return advantage > 0


def accuracy(answers, labels):
    if tuple(answers.shape) != tuple(labels.shape):
        raise ValueError("answers and labels must have the same shape")
    return (answers == labels).sum().item() / labels.numel()


# %% right="is_3: distances first, mean of doubles"
def is_3(pictures, three, seven, distance):
    to_three, to_seven = distance(pictures, three), distance(pictures, seven)
    return torch.lt(to_three, to_seven)


def accuracy(answers, labels):
    if answers.dim() != labels.dim() or answers.shape != labels.shape:
        raise ValueError("shapes differ")
    return torch.eq(answers, labels).double().mean().float()


# %% wrong="is_3: the larger distance wins"
def is_3(pictures, three, seven, distance):
    return distance(pictures, three) > distance(pictures, seven)


def accuracy(answers, labels):
    if answers.shape != labels.shape:
        raise ValueError("shapes differ")
    return (answers == labels).float().mean()


# %% wrong="is_3: its own distance"
def is_3(pictures, three, seven, distance):
    def own(a, b):
        return (a - b).abs().mean((-1, -2))

    return own(pictures, three) < own(pictures, seven)


def accuracy(answers, labels):
    if answers.shape != labels.shape:
        raise ValueError("shapes differ")
    return (answers == labels).float().mean()


# %% wrong="is_3: accuracy does not look at the shapes"
def is_3(pictures, three, seven, distance):
    return distance(pictures, three) < distance(pictures, seven)


def accuracy(answers, labels):
    return (answers == labels).float().mean()


# %% wrong="is_3: accuracy by a logical and"
def is_3(pictures, three, seven, distance):
    return distance(pictures, three) < distance(pictures, seven)


def accuracy(answers, labels):
    if answers.shape != labels.shape:
        raise ValueError("shapes differ")
    return (answers & labels).float().mean()


# %% wrong="is_3: counts the right answers"
def is_3(pictures, three, seven, distance):
    return distance(pictures, three) < distance(pictures, seven)


def accuracy(answers, labels):
    if answers.shape != labels.shape:
        raise ValueError("shapes differ")
    return (answers == labels).sum()


# %% [markdown]
# Now the moment of truth, on pictures that no ideal was made from. **Predict:** how many in a hundred will so simple
# a rule get right?

# %%
both = torch.cat([valid_threes, valid_sevens])
truth = torch.arange(len(both)) < len(valid_threes)  # the threes come first
for name, distance in (("L1", l1_distance), ("RMSE", rmse_distance)):
    answers = is_3(both, ideal_three, ideal_seven, distance)
    reached[f"3 or 7, nearest mean, {name}"] = float(accuracy(answers, truth))
    threes_right, sevens_right = answers[truth].float().mean(), 1 - answers[~truth].float().mean()
    print(f"{name:5}{accuracy(answers, truth):.2%} (threes {threes_right:.1%}, sevens {sevens_right:.1%})")

# %% [markdown]
# Most people guess far too low. Look at the mistakes of L1: nearly all of them are threes. For each pixel of bare
# paper it charges the grey that the ideal has there, so it leans towards the ideal with less ink. Squaring makes
# light grey cheap.
#
# Here are some that RMSE gets wrong. Would you have got them right?

# %%
wrong = answers != truth
show(both[wrong][:8], ["really a 3" if is_three else "really a 7" for is_three in truth[wrong][:8]])

# %% [markdown]
# The rule has no way to get better: it looked at the pictures once and has nothing that could be tuned. *Learning* is
# what happens when a program has numbers that it can change, and a way to find out in which direction to change them.
#
# ## 3 · Seven steps that fit anything
#
# Leave the digits for a moment for a problem with three numbers instead of 784. A ball rolls over a small hump: it
# slows down on the way up, is slowest at the top, and speeds up again. A cheap radar gun measured its speed (we made
# the measurements up, noise included). Near the top, the speed is very nearly a quadratic function of time,
# $a t^2 + b t + c$. Which $a$, $b$ and $c$?

# %% setup
noise = torch.randn(25, generator=torch.Generator().manual_seed(7))
time = torch.linspace(0, 6, 25)
speed = 0.5 * (time - 3.5) ** 2 + 1 + 0.4 * noise


def quadratic(t, params):
    """The value of a t² + b t + c at each time, with params = (a, b, c)."""
    a, b, c = params
    return a * t**2 + b * t + c


# %%
plt.figure(figsize=(6, 3))
plt.scatter(time, speed)
plt.xlabel("time in seconds")
plt.ylabel("speed in metres a second")
plt.tight_layout()

# %% [markdown]
# Every model in this course, up to the largest, is fitted by the same seven steps:
#
# ```
# 1 start with some numbers
#        │
#        ▼
# 2 predict ──► 3 measure the loss ──► 4 find the gradient ──► 5 step downhill
#        ▲                                                           │
#        └────────────────────── 6 again ◄───────────────────────────┘
#                                   │
#                                   ▼
#                        7 stop when it is good enough
# ```
#
# The **gradient** says, for each parameter, how much the loss would rise if that parameter rose a little. So a step
# *against* it makes the loss smaller, provided that the step is short. How short is the **learning rate**.
#
# ### Exercise: once round the loop
# difficulty 3/5 · 10 minutes · cards: seven-steps, manual-step, gradients-accumulate
#
# Write steps 2 to 5. The loss is the mean squared error between `quadratic(t, params)` and `y`. `params` is a tensor
# of three numbers that requires a gradient; change *that tensor* (in place, without recording the change for
# autograd), leave no old gradient behind for the next trip, and return the loss from before the step as a Python
# number.
#
# hint: `backward()` of the loss puts the gradient into `params.grad`. In a block under `torch.no_grad()` you may
# change `params` in place by `-=`; plain `params = params - ...` would make a new tensor and leave the caller's as it
# was.
#
# hint: `backward` *adds* to what is in `.grad`. Set it to `None` (or to zero) when you are done with it.


# %% solution="descend"
def descend(t: torch.Tensor, y: torch.Tensor, params: torch.Tensor, lr: float) -> float:
    """One step downhill for `params`, changed in place; returns the loss before the step."""
    ### BEGIN SOLUTION
    loss = (quadratic(t, params) - y).pow(2).mean()
    loss.backward()
    with torch.no_grad():
        params -= lr * params.grad
    params.grad = None
    return loss.item()
    ### END SOLUTION


# %% tests="descend" points=4
def by_algebra(t, y, params, lr):
    """The same step from the formula of the gradient: 2/n times Mᵀ(Mp − y)."""
    table = torch.stack([t**2, t, torch.ones_like(t)], dim=1)
    error = table @ params - y
    return error.pow(2).mean(), params - lr * 2 / len(t) * table.T @ error


t, y, start = torch.tensor([0.0, 1.0, 2.0]), torch.tensor([1.0, 0.0, 1.0]), torch.tensor([1.0, 0.0, -1.0])
loss, after = by_algebra(t, y, start, 0.1)
params = start.clone().requires_grad_()
with checks.check("returns the loss before the step", hint="the mean of the squared errors"):
    checks.close(descend(t, y, params, 0.1), loss)
with checks.check("moves the parameters that it was given", hint="did you change params in place, and downhill?"):
    checks.close(params.detach(), after)
### BEGIN HIDDEN TESTS
rng = checks.rng()
t, y, start, lr = rng.tensor(9), rng.tensor(9), rng.tensor(3), rng.uniform(0.01, 0.05)
with checks.check("any data, any learning rate", hint="mean, not sum; minus, not plus"):
    params = start.clone().requires_grad_()
    descend(t, y, params, lr)
    checks.close(params.detach(), by_algebra(t, y, start, lr)[1])
with checks.check("three trips in a row", hint="what does backward do with a gradient that is still there?"):
    params, expected = start.clone().requires_grad_(), start
    for _ in range(3):
        descend(t, y, params, lr)
        expected = by_algebra(t, y, expected, lr)[1]
    checks.close(params.detach(), expected, rtol=1e-4, atol=1e-5)
### END HIDDEN TESTS


# %% equivalent="descend: a square has no sign"
# - loss = (quadratic(t, params) - y).pow(2).mean()
# + loss = (y - quadratic(t, params)).pow(2).mean()


# %% right="descend: through .data, zeroed in place"
def descend(t, y, params, lr):
    loss = F.mse_loss(quadratic(t, params), y)
    loss.backward()
    params.data -= params.grad.data * lr
    params.grad.zero_()
    return float(loss)


# %% right="descend: clears before, asks autograd directly"
def descend(t, y, params, lr):
    params.grad = None
    loss = ((quadratic(t, params) - y) ** 2).mean()
    (gradient,) = torch.autograd.grad(loss, params)
    with torch.no_grad():
        params.sub_(lr * gradient)
    return loss.item()


# %% right="descend: torch's own optimiser"
def descend(t, y, params, lr):
    opt = torch.optim.SGD([params], lr=lr)
    loss = F.mse_loss(quadratic(t, params), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    opt.zero_grad()
    return loss.item()


# %% right="descend: by the formula, without autograd"
def descend(t, y, params, lr):
    with torch.no_grad():
        error = quadratic(t, params) - y
        gradient = torch.stack([(2 * error * t**power).mean() for power in (2, 1, 0)])
        params[:] = params - lr * gradient
    return float((error**2).mean())


# %% wrong="descend: gradients pile up"
def descend(t, y, params, lr):
    loss = (quadratic(t, params) - y).pow(2).mean()
    loss.backward()
    with torch.no_grad():
        params -= lr * params.grad
    return loss.item()


# %% wrong="descend: makes a new tensor"
def descend(t, y, params, lr):
    loss = (quadratic(t, params) - y).pow(2).mean()
    loss.backward()
    params = params - lr * params.grad
    params.grad = None
    return loss.item()


# %% wrong="descend: uphill"
def descend(t, y, params, lr):
    loss = (quadratic(t, params) - y).pow(2).mean()
    loss.backward()
    with torch.no_grad():
        params += lr * params.grad
    params.grad = None
    return loss.item()


# %% wrong="descend: sum of squares"
def descend(t, y, params, lr):
    loss = (quadratic(t, params) - y).pow(2).sum()
    loss.backward()
    with torch.no_grad():
        params -= lr * params.grad
    params.grad = None
    return loss.item()


# %% wrong="descend: clears the gradient before the step"
def descend(t, y, params, lr):
    loss = (quadratic(t, params) - y).pow(2).mean()
    loss.backward()
    params.grad.zero_()
    with torch.no_grad():
        params -= lr * params.grad
    return loss.item()


# %% [markdown]
# Now roll. The cell below starts at $a = b = c = 1$ and takes a thousand steps. **Predict:** will the curve find the
# points?


# %%
def watch(t, lr, moments):
    """Draw the fitted curve after these numbers of steps."""
    params = torch.ones(3, requires_grad=True)
    figure, axes = plt.subplots(1, len(moments), figsize=(10, 2.5), sharey=True)
    for step in range(max(moments) + 1):
        if step in moments:
            axis = axes[moments.index(step)]
            axis.scatter(time, speed, s=8)
            axis.plot(time, quadratic(t, params).detach(), "tab:red")
            axis.set_ylim(-2, 12)
        loss = descend(t, speed, params, lr)
        if step in moments:
            axis.set_title(f"{step} steps, loss {loss:.2f}", fontsize=9)
    figure.tight_layout()


watch(time, lr=0.002, moments=[0, 1, 10, 1000])

# %% [markdown]
# The first steps help a lot, and then it crawls: after a thousand steps the dip is barely there. A larger learning
# rate does not save it (try 0.004, and watch the loss explode). The reason is in the inputs. $t^2$ goes up to 36
# while the constant term always sees a 1, so the slope in the direction of $a$ is huge and in the direction of $c$
# tiny, and *one* learning rate has to serve both.
#
# So measure time differently: from the middle of the film, in units of three seconds, so that it runs from −1 to 1.
# The physics is the same. **Predict** what happens with the learning rate, and with the number of steps.

# %%
watch((time - 3) / 3, lr=0.5, moments=[0, 1, 10, 50])

# %% [markdown]
# A learning rate 250 times as large, and fifty steps do better than a thousand. That is why everybody scales inputs,
# and why you divided by 255. Before you go on, change `lr` above to 1.0 and look: too long a step lands higher up on
# the other side of the valley, and the next one higher still.
#
# ## 4 · A linear model, every part by hand
#
# Back to the digits, with the same seven steps. Instead of an ideal picture, give every pixel a **weight**: positive
# where ink speaks for a three, negative where it speaks for a seven. Multiply ink by weight, add up, add one more
# number, the **bias**. The result is the picture's **score**: above zero means three. We will let the gradient find
# the weights.
#
# For a matrix product each picture becomes one row of 784 numbers, and each label becomes a row of one number: 1 for
# three, 0 for seven.

# %% setup
train_x = torch.cat([threes, sevens]).flatten(1)
train_y = torch.cat([torch.ones(len(threes), 1), torch.zeros(len(sevens), 1)])
valid_x = torch.cat([valid_threes, valid_sevens]).flatten(1)
valid_y = torch.cat([torch.ones(len(valid_threes), 1), torch.zeros(len(valid_sevens), 1)])

# %% [markdown]
# ### Exercise: parameters and predictions
# difficulty 2/5 · 5 minutes · cards: init-leaf, linear-layer
#
# `init_params` makes a tensor of normal random numbers with standard deviation `std`, and tells autograd to watch it.
# `linear1` makes the scores of a whole batch by one matrix product. Fill the blanks.
#
# hint: A trailing underscore, as in `zero_()`, means *in place*. To ask for gradients in place is also such a method,
# and it has to be called.


# %% solution="linear1"
def init_params(shape: tuple[int, ...], std: float = 1.0) -> torch.Tensor:
    """Normal random numbers of this standard deviation, that autograd watches."""
    return (torch.randn(shape) * std).requires_grad_()  # ? randn | std | requires_grad_()


def linear1(xb: torch.Tensor, weights: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    """The scores of a batch: (batch, pixels) and (pixels, 1) in, (batch, 1) out."""
    return xb @ weights + bias  # ? xb @ weights | bias


# %% tests="linear1" points=4
def slope_of_double(init_params):
    """What autograd finds in a fresh parameter after twice its sum went backward."""
    params = init_params((3, 1), 0.5)
    (params * 2).sum().backward()
    return params.grad if params.is_leaf else None


with checks.check("scores of two tiny pictures", hint="a matrix product is @, not *"):
    x = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    checks.close(linear1(x, torch.tensor([[1.0], [-1.0]]), torch.tensor([0.5])), [[-0.5], [-0.5]])
with checks.check(
    "gradients arrive in a fresh parameter", hint="autograd must watch the tensor that you return itself"
):
    checks.close(checks.there(slope_of_double, init_params), [[2.0], [2.0], [2.0]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("any batch of scores", hint="does the bias take part?"):
    x, w, b = rng.tensor(6, 9), rng.tensor(9, 1), rng.tensor(1)
    checks.close(linear1(x, w, b), F.linear(x, w.T, b), rtol=1e-4, atol=1e-5)
with checks.check(
    "normal numbers of the right spread, both signs", hint="randn, rand and zeros are three different things"
):
    std = rng.uniform(1.5, 3)
    w = init_params((5000, 1), std).detach() / std
    checks.shape(w, 5000, 1)
    # 5,000 normal numbers miss one of these with probability 1e-7: 5.6, 7 and 7 standard errors
    checks.between(w.mean(), -0.08, 0.08, what="the mean, divided by std")
    checks.between(w.std(), 0.93, 1.07, what="the standard deviation, divided by std")
    checks.between((w.abs() > 2).float().mean(), 0.025, 0.07, what="the share beyond two standard deviations")
### END HIDDEN TESTS


# %% right="linear1: by torch.normal and matmul"
def init_params(shape, std=1.0):
    return torch.normal(0.0, std, size=shape, requires_grad=True)


def linear1(xb, weights, bias):
    return torch.matmul(xb, weights) + bias


# %% right="linear1: filled in place, added the other way round"
def init_params(shape, std=1.0):
    params = torch.empty(shape).normal_(0, std)
    params.requires_grad = True
    return params


def linear1(xb, weights, bias):
    return bias + xb.mm(weights)


# %% wrong="linear1: asks for gradients before scaling"
def init_params(shape, std=1.0):
    return torch.randn(shape, requires_grad=True) * std


def linear1(xb, weights, bias):
    return xb @ weights + bias


# %% wrong="linear1: reads requires_grad instead of calling requires_grad_"
def init_params(shape, std=1.0):
    return (torch.randn(shape) * std).requires_grad


def linear1(xb, weights, bias):
    return xb @ weights + bias


# %% wrong="linear1: uniform numbers"
def init_params(shape, std=1.0):
    return (torch.rand(shape) * std).requires_grad_()


def linear1(xb, weights, bias):
    return xb @ weights + bias


# %% wrong="linear1: elementwise product"
def init_params(shape, std=1.0):
    return (torch.randn(shape) * std).requires_grad_()


def linear1(xb, weights, bias):
    return xb * weights + bias


# %% wrong="linear1: std added instead of multiplied"
def init_params(shape, std=1.0):
    return (torch.randn(shape) + std).requires_grad_()


def linear1(xb, weights, bias):
    return xb @ weights + bias


# %% [markdown]
# Step 1 is done: random weights. **Predict** the accuracy of random weights on threes and sevens. (Run the cell a few
# times.)

# %%
weights, bias = init_params((784, 1), std=0.1), init_params((1,), std=0.1)
answers = linear1(valid_x, weights, bias) > 0
print(f"accuracy with random weights: {(answers == (valid_y == 1)).float().mean():.1%}")

# %% [markdown]
# Step 3 asks for a loss. Why not use the accuracy itself? Because it is a staircase: change a weight by a hair, and
# no answer flips, so the accuracy stays exactly as it was. Its slope is zero almost everywhere, and a gradient of
# zero says nothing about where to go.
#
# What we want is a number that gets better when the model becomes *a little surer* of a right answer. The **sigmoid**
# $\sigma(s) = 1/(1 + e^{-s})$ turns any score into a number between 0 and 1, which we can read as how sure the model
# is that it sees a three.

# %%
scores = torch.linspace(-8, 8, 200)
plt.figure(figsize=(6, 2.5))
plt.plot(scores, scores.sigmoid())
plt.axvline(0, color="grey", linewidth=0.5)
plt.xlabel("score")
plt.ylabel("sigmoid")
plt.tight_layout()

# %% [markdown]
# ### Exercise: a loss that can be climbed down
# difficulty 2/5 · 8 minutes · cards: sigmoid, mnist-loss, loss-not-metric
#
# Squeeze the scores through the sigmoid. Then measure how far each result is from its label: for a three (label 1)
# that is 1 − p, for a seven (label 0) it is p. The loss is the mean over the batch.
#
# hint: `torch.where(condition, a, b)` takes from `a` where the condition holds and from `b` elsewhere.


# %% solution="mnist_loss"
def mnist_loss(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The mean distance between sigmoid(score) and label; labels are 1.0 or 0.0."""
    ### BEGIN SOLUTION
    sure = scores.sigmoid()
    return torch.where(labels == 1, 1 - sure, sure).mean()
    ### END SOLUTION


# %% tests="mnist_loss" points=4
with checks.check("a model that has no idea loses one half", hint="sigmoid(0) is 0.5"):
    checks.close(mnist_loss(torch.zeros(4, 1), torch.tensor([[1.0], [0.0], [0.0], [1.0]])), 0.5)
with checks.check(
    "sure and right costs nothing, sure and wrong costs 1", hint="for which label is 1 - p the distance?"
):
    sure = torch.tensor([[50.0], [-50.0]])
    checks.close(mnist_loss(sure, torch.tensor([[1.0], [0.0]])), 0.0, atol=1e-6)
    checks.close(mnist_loss(sure, torch.tensor([[0.0], [1.0]])), 1.0)
### BEGIN HIDDEN TESTS
rng = checks.rng()
scores, labels = rng.tensor(30, 1) * 3, rng.integers(30, 1, low=0, high=1).float()
with checks.check("any batch", hint="the mean over the batch of |label - sigmoid(score)|"):
    p = 1 / (1 + torch.exp(-scores.double()))
    checks.close(mnist_loss(scores, labels), (p - labels).abs().mean())
with checks.check("a gradient for every score", hint="is a threshold or a detach in the way?"):
    slope = p * (1 - p) / 30 * (1 - 2 * labels)
    checks.gradient(lambda s: mnist_loss(s, labels), scores, slope, rtol=1e-3, atol=1e-6)
### END HIDDEN TESTS


# %% right="mnist_loss: an absolute difference"
def mnist_loss(scores, labels):
    return (labels - torch.sigmoid(scores)).abs().mean()


# %% right="mnist_loss: torch's own L1"
def mnist_loss(scores, labels):
    return F.l1_loss(torch.sigmoid(scores), labels)


# %% wrong="mnist_loss: forgets the sigmoid"
def mnist_loss(scores, labels):
    return torch.where(labels == 1, 1 - scores, scores).mean()


# %% wrong="mnist_loss: rewards the wrong answer"
def mnist_loss(scores, labels):
    sure = scores.sigmoid()
    return torch.where(labels == 1, sure, 1 - sure).mean()


# %% wrong="mnist_loss: a staircase"
def mnist_loss(scores, labels):
    sure = (scores.sigmoid() > 0.5).float()
    return torch.where(labels == 1, 1 - sure, sure).mean()


# %% wrong="mnist_loss: adds up"
def mnist_loss(scores, labels):
    sure = scores.sigmoid()
    return torch.where(labels == 1, 1 - sure, sure).sum()


# %% wrong="mnist_loss: binary cross-entropy, another loss"
def mnist_loss(scores, labels):
    return F.binary_cross_entropy_with_logits(scores, labels)


# %% [markdown]
# See the staircase beside the slope. We take the difference of the two mean pictures as weights, slide the bias from
# left to right, and watch accuracy and loss on forty pictures.

# %%
few_x, few_y = torch.cat([train_x[:20], train_x[-20:]]), torch.cat([train_y[:20], train_y[-20:]])
raw = few_x @ (ideal_three - ideal_seven).reshape(784, 1)
slide = torch.linspace(-25, 15, 400)
hits = [((raw + b > 0) == (few_y == 1)).float().mean() for b in slide]
plt.figure(figsize=(6, 3))
plt.plot(slide, hits, label="accuracy: a staircase")
plt.plot(slide, [mnist_loss(raw + b, few_y) for b in slide], label="loss: a slope")
plt.xlabel("bias")
plt.legend()
plt.tight_layout()

# %% [markdown]
# Next: which pictures go into one step? All of them make a good gradient, slowly. A single one makes a poor gradient,
# fast. A **mini-batch** is the middle way: some dozens at a time, shuffled anew in every epoch (an **epoch** is one
# pass over all the training pictures).
#
# ### Exercise: batches by hand
# difficulty 3/5 · 10 minutes · cards: mini-batch, shuffle-together
#
# Write a generator that gives out `(xb, yb)` pairs of `size` rows until all have been used once. With `shuffle` the
# rows come in a new random order each time, and each picture keeps its label. The last batch is smaller if there are
# not enough rows left.
#
# hint: `torch.randperm(n)` is a random order of 0 … n−1, and `order.split(size)` cuts it into pieces. A tensor of
# places can be used as an index.


# %% solution="batches"
def batches(x: torch.Tensor, y: torch.Tensor, size: int, shuffle: bool = True):
    """Gives out (xb, yb), `size` rows at a time, each row once."""
    ### BEGIN SOLUTION
    order = torch.randperm(len(x)) if shuffle else torch.arange(len(x))
    for places in order.split(size):
        yield x[places], y[places]
    ### END SOLUTION


# %% tests="batches" points=4
with checks.check("five rows in twos, in order", hint="the last batch holds the row that is left over"):
    x, y = torch.arange(10.0).reshape(5, 2), torch.arange(5)
    got = checks.drawn(batches(x, y, 2, shuffle=False))
    checks.equal([len(xb) for xb, yb in got], [2, 2, 1])
    checks.equal(torch.cat([xb for xb, yb in got]), x)
    checks.equal(torch.cat([yb for xb, yb in got]), y)
### BEGIN HIDDEN TESTS
rng = checks.rng()
n, size = rng.integer(60, 90), rng.integer(13, 19)
x = torch.stack([rng.permutation(n), rng.permutation(n)], dim=1)
y = x[:, 0] * 1000 + x[:, 1]
with checks.check("shuffled, every row comes exactly once", hint="draw without replacement, and drop nothing"):
    got = checks.drawn(batches(x, y, size))
    checks.equal([len(xb) for xb, yb in got], [size] * (n // size) + ([n % size] if n % size else []))
    checks.equal(torch.cat([xb[:, 0] for xb, yb in got]).sort().values, torch.arange(n))
with checks.check("every picture keeps its label", hint="one order for both x and y"):
    for xb, yb in checks.drawn(batches(x, y, size)):
        checks.equal(yb, xb[:, 0] * 1000 + xb[:, 1])
with checks.check("another order in every epoch", hint="draw a new order at every call"):
    first, second = (torch.cat([yb for xb, yb in checks.drawn(batches(x, y, size))]) for _ in range(2))
    checks.true(not torch.equal(first, second), "two epochs came in the same order")
    checks.true(not torch.equal(first, y), "the rows came in their old order")
### END HIDDEN TESTS


# %% right="batches: by slices of a shuffled copy"
def batches(x, y, size, shuffle=True):
    if shuffle:
        order = torch.randperm(len(x))
        x, y = x[order], y[order]
    for start in range(0, len(x), size):
        yield x[start : start + size], y[start : start + size]


# %% right="batches: torch's own loader"
def batches(x, y, size, shuffle=True):
    return DataLoader(TensorDataset(x, y), batch_size=size, shuffle=shuffle)


# %% right="batches: pieces of both, zipped"
def batches(x, y, size, shuffle=True):
    if shuffle:
        order = torch.randperm(len(x))
        x, y = x[order], y[order]
    return zip(x.split(size), y.split(size), strict=True)


# %% wrong="batches: shuffles x and y apart"
def batches(x, y, size, shuffle=True):
    if shuffle:
        x, y = x[torch.randperm(len(x))], y[torch.randperm(len(y))]
    for start in range(0, len(x), size):
        yield x[start : start + size], y[start : start + size]


# %% wrong="batches: drops the rows that are left over"
def batches(x, y, size, shuffle=True):
    order = torch.randperm(len(x)) if shuffle else torch.arange(len(x))
    for k in range(len(x) // size):
        places = order[k * size : (k + 1) * size]
        yield x[places], y[places]


# %% wrong="batches: draws with replacement"
def batches(x, y, size, shuffle=True):
    order = torch.randint(len(x), (len(x),)) if shuffle else torch.arange(len(x))
    for places in order.split(size):
        yield x[places], y[places]


# %% wrong="batches: never shuffles"
def batches(x, y, size, shuffle=True):
    for places in torch.arange(len(x)).split(size):
        yield x[places], y[places]


# %% wrong="batches: the same shuffle every time"
def batches(x, y, size, shuffle=True):
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(0)) if shuffle else torch.arange(len(x))
    for places in order.split(size):
        yield x[places], y[places]


# %% [markdown]
# ### Exercise: the same from the shelf
# difficulty 1/5 · 4 minutes · cards: dataloader, tensor-dataset, loader-length, first-batch
#
# PyTorch has this ready. A `TensorDataset` ties tensors together row by row: its item number i is the pair of the
# i-th rows. A `DataLoader` gives out batches of a data set. Fill the blanks so that the loader is shuffled, and take
# a first batch out of it to look at.


# %% solution="make_loader"
def make_loader(x: torch.Tensor, y: torch.Tensor, size: int):
    """A shuffled loader of (x, y) batches, and one first batch of it."""
    dataset = TensorDataset(x, y)  # ? TensorDataset | x, y
    loader = DataLoader(dataset, batch_size=size, shuffle=True)  # ? DataLoader | batch_size=size | shuffle=True
    first_x, first_y = next(iter(loader))  # ? next | iter
    return loader, first_x, first_y


# %% tests="make_loader" points=3
with checks.check("ten rows in batches of four are three batches", hint="len(loader) counts batches"):
    loader, first_x, first_y = make_loader(torch.arange(10.0)[:, None], torch.arange(10), 4)
    checks.equal(len(loader), 3)
    checks.equal(len(loader.dataset), 10)
    checks.equal(first_x.flatten(), first_y)
### BEGIN HIDDEN TESTS
rng = checks.rng()
x = rng.permutation(100)
with checks.check(
    "batches of the size that was asked for", hint="what did you take out of the loader? Which argument has the size?"
):
    loader, first_x, first_y = make_loader(x, x * 2, 20)
    checks.shape(first_x, 20)
    checks.equal(first_y, first_x * 2)
    checks.equal([len(xb) for xb, yb in checks.drawn(loader)], [20] * 5)
with checks.check("shuffled, nothing lost", hint="look at the arguments of the loader"):
    loader, _, _ = make_loader(x, x * 2, 30)
    order = torch.cat([xb for xb, yb in checks.drawn(loader)])
    checks.equal(order.sort().values, torch.arange(100))
    checks.true(not torch.equal(order, x), "the rows came in their old order")
### END HIDDEN TESTS


# %% right="make_loader: a list of pairs is a data set too"
def make_loader(x, y, size):
    dataset = list(zip(x, y, strict=True))
    loader = DataLoader(dataset, size, True)
    first_x, first_y = next(iter(loader))
    return loader, first_x, first_y


# %% right="make_loader: by a random sampler and a loop"
def make_loader(x, y, size):
    from torch.utils.data import RandomSampler

    dataset = TensorDataset(x, y)
    loader = DataLoader(dataset, batch_size=size, sampler=RandomSampler(dataset))
    batches = iter(loader)
    first = next(batches)
    return loader, first[0], first[1]


# %% right="make_loader: a sampler of whole batches"
def make_loader(x, y, size):
    from torch.utils.data import BatchSampler, RandomSampler

    dataset = TensorDataset(x, y)
    loader = DataLoader(dataset, batch_sampler=BatchSampler(RandomSampler(dataset), size, drop_last=False))
    first_x, first_y = next(iter(loader))
    return loader, first_x, first_y


# %% wrong="make_loader: forgets to shuffle"
def make_loader(x, y, size):
    dataset = TensorDataset(x, y)
    loader = DataLoader(dataset, batch_size=size, shuffle=False)
    first_x, first_y = next(iter(loader))
    return loader, first_x, first_y


# %% wrong="make_loader: the first item instead of the first batch"
def make_loader(x, y, size):
    dataset = TensorDataset(x, y)
    loader = DataLoader(dataset, batch_size=size, shuffle=True)
    first_x, first_y = dataset[0]
    return loader, first_x, first_y


# %% wrong="make_loader: drops the last batch"
def make_loader(x, y, size):
    dataset = TensorDataset(x, y)
    loader = DataLoader(dataset, batch_size=size, shuffle=True, drop_last=True)
    first_x, first_y = next(iter(loader))
    return loader, first_x, first_y


# %% wrong="make_loader: batch size left at one"
def make_loader(x, y, size):
    dataset = TensorDataset(x, y)
    loader = DataLoader(dataset, shuffle=True)
    first_x, first_y = next(iter(loader))
    return loader, first_x, first_y


# %% [markdown]
# From here on we use PyTorch's loader. For validation nothing is shuffled: the order does not matter, and it is
# easier to find a picture again.

# %% setup
train_dl = DataLoader(TensorDataset(train_x, train_y), batch_size=64, shuffle=True)
valid_dl = DataLoader(TensorDataset(valid_x, valid_y), batch_size=256)

# %% [markdown]
# ### Exercise: one epoch
# difficulty 2/5 · 8 minutes · cards: training-step, gradients-accumulate, no-grad
#
# The heart of deep learning fits into a dozen lines. `calc_grad` does steps 2, 3 and 4 for one batch; `train_epoch`
# walks through all the batches and does step 5 after each. Fill the blanks, and notice that nothing in here knows
# about digits.


# %% solution="train_epoch"
def calc_grad(xb, yb, model, loss_func) -> float:
    """Puts the gradient of this batch's loss into the parameters; returns the loss."""
    scores = model(xb)  # ? model(xb)
    loss = loss_func(scores, yb)  # ? scores
    loss.backward()  # ? backward
    return loss.item()


def train_epoch(model, loss_func, loader, params, lr) -> list[float]:
    """One step for each batch, on params in place; returns the losses of the batches."""
    losses = []
    for xb, yb in loader:
        losses.append(calc_grad(xb, yb, model, loss_func))
        with torch.no_grad():  # ? no_grad
            for p in params:
                p -= lr * p.grad  # ? lr * p.grad
                p.grad.zero_()  # ? zero_()
    return losses


# %% tests="train_epoch" points=4
def gradient_of(calc_grad, x, y, w):
    """The loss that calc_grad returns, and the gradient that it leaves behind."""
    w = w.clone().requires_grad_()
    loss = calc_grad(x, y, lambda xb: xb @ w, lambda s, t: ((s - 2 * t) ** 2).mean())
    return loss, w.grad


def epoch(train_epoch, x, y, w, b, lr, size):
    """Weights, bias and losses after an epoch of linear regression."""
    w, b = w.clone().requires_grad_(), b.clone().requires_grad_()
    loader = [(x[k : k + size], y[k : k + size]) for k in range(0, len(x), size)]
    losses = train_epoch(lambda xb: xb @ w + b, lambda s, t: ((s - t) ** 2).mean(), loader, [w, b], lr)
    return w.detach(), b.detach(), [float(loss) for loss in losses]


x, y = torch.tensor([[1.0], [2.0]]), torch.tensor([[0.0], [0.0]])
with checks.check("one batch: loss 2.5 and slope 5", hint="model, then loss function, then backward"):
    loss, slope = checks.there(gradient_of, calc_grad, x, y, torch.ones(1, 1))
    checks.close(loss, 2.5)
    checks.close(slope, [[5.0]])
with checks.check("one epoch of one batch", hint="downhill is against the gradient, times the learning rate"):
    w, b, losses = checks.there(epoch, train_epoch, x, y, torch.ones(1, 1), torch.zeros(1), 0.1, 2)
    checks.close(w, [[0.5]])
    checks.close(losses, [2.5])
### BEGIN HIDDEN TESTS
rng = checks.rng()
x, y, w, b, lr = rng.tensor(22, 3), rng.tensor(22, 1), rng.tensor(3, 1), rng.tensor(1), rng.uniform(0.02, 0.1)
right_w, right_b, right_losses = w, b, []
for k in range(0, 22, 5):
    error = x[k : k + 5] @ right_w + right_b - y[k : k + 5]
    right_losses.append(error.pow(2).mean())
    right_w = right_w - lr * 2 / len(error) * x[k : k + 5].T @ error
    right_b = right_b - lr * 2 * error.mean(0)
with checks.check("several batches, one step each", points=2, hint="what is left in grad for the next batch?"):
    got_w, got_b, losses = checks.there(epoch, train_epoch, x, y, w, b, lr, 5)
    checks.close(got_w, right_w, rtol=1e-4, atol=1e-5)
    checks.close(got_b, right_b, rtol=1e-4, atol=1e-5)
    checks.close(losses, right_losses, rtol=1e-4)
### END HIDDEN TESTS


# %% right="train_epoch: through .data"
def calc_grad(xb, yb, model, loss_func):
    loss = loss_func(model(xb), yb)
    loss.backward()
    return loss.item()


def train_epoch(model, loss_func, loader, params, lr):
    losses = []
    for xb, yb in loader:
        losses.append(calc_grad(xb, yb, model, loss_func))
        for p in params:
            p.data -= p.grad * lr
            p.grad = None
    return losses


# %% right="train_epoch: inference mode off, gradients cleared in a loop of their own"
def calc_grad(xb, yb, model, loss_func):
    scores = model(xb)
    loss = loss_func(scores, yb)
    loss.backward()
    return float(loss.detach())


def train_epoch(model, loss_func, loader, params, lr):
    losses = []
    for batch in loader:
        losses.append(calc_grad(*batch, model, loss_func))
        with torch.set_grad_enabled(False):
            for p in params:
                p.add_(p.grad, alpha=-lr)
        for p in params:
            p.grad.detach_().zero_()
    return losses


# %% wrong="train_epoch: never clears the gradients"
def calc_grad(xb, yb, model, loss_func):
    scores = model(xb)
    loss = loss_func(scores, yb)
    loss.backward()
    return loss.item()


def train_epoch(model, loss_func, loader, params, lr):
    losses = []
    for xb, yb in loader:
        losses.append(calc_grad(xb, yb, model, loss_func))
        with torch.no_grad():
            for p in params:
                p -= lr * p.grad
    return losses


# %% wrong="train_epoch: clears the parameter instead of its gradient"
def calc_grad(xb, yb, model, loss_func):
    scores = model(xb)
    loss = loss_func(scores, yb)
    loss.backward()
    return loss.item()


def train_epoch(model, loss_func, loader, params, lr):
    losses = []
    for xb, yb in loader:
        losses.append(calc_grad(xb, yb, model, loss_func))
        with torch.no_grad():
            for p in params:
                p -= lr * p.grad
                p.zero_()
    return losses


# %% wrong="train_epoch: forgets the learning rate"
def calc_grad(xb, yb, model, loss_func):
    scores = model(xb)
    loss = loss_func(scores, yb)
    loss.backward()
    return loss.item()


def train_epoch(model, loss_func, loader, params, lr):
    losses = []
    for xb, yb in loader:
        losses.append(calc_grad(xb, yb, model, loss_func))
        with torch.no_grad():
            for p in params:
                p -= p.grad
                p.grad.zero_()
    return losses


# %% wrong="train_epoch: records the step for autograd"
def calc_grad(xb, yb, model, loss_func):
    scores = model(xb)
    loss = loss_func(scores, yb)
    loss.backward()
    return loss.item()


def train_epoch(model, loss_func, loader, params, lr):
    losses = []
    for xb, yb in loader:
        losses.append(calc_grad(xb, yb, model, loss_func))
        with torch.enable_grad():
            for p in params:
                p -= lr * p.grad
                p.grad.zero_()
    return losses


# %% [markdown]
# Step 7 asks when it is good enough. The loss is made for the gradient; people want the accuracy, on pictures that
# were not trained on.
#
# ### Exercise: how good is it?
# difficulty 3/5 · 10 minutes · cards: threshold-scores, weighted-mean, no-grad
#
# `batch_accuracy` compares scores with labels of 1.0 and 0.0; both have shape (batch, 1). It gets the *scores*, not
# the sigmoids: think about which score means fifty-fifty.
#
# `validate_epoch` finds the mean of a metric over a whole loader, in a way that every *picture* counts the same. If
# the last batch is smaller, the plain mean of the batches is not that. It does not need gradients, so switch them
# off: it saves memory and time.
#
# hint: add up `metric × rows` and divide by all the rows.


# %% solution="validate_epoch"
def batch_accuracy(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The share of scores on the right side."""
    ### BEGIN SOLUTION
    return ((scores > 0) == (labels == 1)).float().mean()
    ### END SOLUTION


def validate_epoch(model, loader, metric) -> float:
    """The mean of metric(model(xb), yb) over all rows of the loader."""
    ### BEGIN SOLUTION
    total, rows = 0.0, 0
    with torch.no_grad():
        for xb, yb in loader:
            total += float(metric(model(xb), yb)) * len(xb)
            rows += len(xb)
    return total / rows
    ### END SOLUTION


# %% tests="validate_epoch" points=5
def gradients_on(validate_epoch):
    """Whether gradients were recorded each time the model was called."""
    seen = []

    def model(xb):
        seen.append(torch.is_grad_enabled())
        return xb

    validate_epoch(model, [(torch.ones(2, 1), torch.ones(2, 1))] * 2, lambda s, t: (s - t).abs().mean())
    return seen


with checks.check("three of four scores on the right side", hint="which labels say three?"):
    scores, labels = torch.tensor([[9.0], [-9.0], [8.0], [-7.0]]), torch.tensor([[1.0], [0.0], [0.0], [0.0]])
    checks.close(batch_accuracy(scores, labels), 0.75)
with checks.check("the mean over two batches of the same size", hint="call metric(model(xb), yb) for each batch"):
    loader = [(torch.full((2, 1), k), torch.zeros(2, 1)) for k in (1.0, 4.0)]
    checks.close(validate_epoch(lambda xb: xb * 2, loader, lambda s, t: (s - t).mean()), 5.0)
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check(
    "hesitant scores count too", hint="sigmoid(0) is a half, so the border between the answers is at score 0"
):
    scores, wrong = rng.tensor(100, 1, low=-0.9, high=0.9), rng.integer(4, 9)
    labels = (scores > 0).float()
    labels[:wrong] = 1 - labels[:wrong]
    checks.close(batch_accuracy(scores, labels), (100 - wrong) / 100)
with checks.check("batches of different sizes", hint="does a picture in a small batch count more than the others?"):
    x, last = rng.tensor(23, 1), rng.integer(1, 3)
    y = torch.cat([rng.tensor(23 - last, 1), 10 + rng.tensor(last, 1)])
    loader = [(x[:10], y[:10]), (x[10:-last], y[10:-last]), (x[-last:], y[-last:])]
    got = validate_epoch(lambda xb: xb + 1, loader, lambda s, t: (s - t).abs().mean())
    checks.close(got, (x + 1 - y).abs().mean())
with checks.check("no gradients are recorded on the way", hint="is autograd switched off while you validate?"):
    checks.equal(checks.there(gradients_on, validate_epoch), [False, False])
### END HIDDEN TESTS


# %% equivalent="validate_epoch: whole or not, zero is zero"
# - total, rows = (0.0, 0)
# + total, rows = (0, 0.0)


# %% equivalent="validate_epoch: a tensor of one number adds up as well"
# - total += float(metric(model(xb), yb)) * len(xb)
# + total += metric(model(xb), yb) * len(xb)


# %% equivalent="validate_epoch: a score of exactly zero says neither"
# - return ((scores > 0) == (labels == 1)).float().mean()
# + return ((scores >= 0) == (labels == 1)).float().mean()


# %% right="validate_epoch: through the sigmoid, with a decorator"
def batch_accuracy(scores, labels):
    return ((scores.sigmoid() > 0.5).float() == labels).float().mean()


@torch.no_grad()
def validate_epoch(model, loader, metric):
    parts = [(metric(model(xb), yb), len(yb)) for xb, yb in loader]
    return float(sum(value * n for value, n in parts) / sum(n for _, n in parts))


# %% right="validate_epoch: weights as a tensor"
def batch_accuracy(scores, labels):
    return torch.where(labels == 1, scores > 0, scores <= 0).float().mean().item()


def validate_epoch(model, loader, metric):
    with torch.inference_mode():
        values, sizes = zip(*[(metric(model(xb), yb), len(xb)) for xb, yb in loader], strict=True)
    weights = torch.tensor(sizes) / sum(sizes)
    return (torch.tensor([float(value) for value in values]) * weights).sum().item()


# %% right="validate_epoch: all the rows at once"
def batch_accuracy(scores, labels):
    return (scores.sigmoid().round() == labels).double().mean()


def validate_epoch(model, loader, metric):
    with torch.no_grad():
        scores, labels = zip(*[(model(xb), yb) for xb, yb in loader], strict=True)
        return metric(torch.cat(scores), torch.cat(labels)).item()


# %% wrong="validate_epoch: plain mean of the batches"
def batch_accuracy(scores, labels):
    return ((scores > 0) == (labels == 1)).float().mean()


def validate_epoch(model, loader, metric):
    with torch.no_grad():
        values = [float(metric(model(xb), yb)) for xb, yb in loader]
    return sum(values) / len(values)


# %% wrong="validate_epoch: a threshold of one half for scores"
def batch_accuracy(scores, labels):
    return ((scores > 0.5) == (labels == 1)).float().mean()


def validate_epoch(model, loader, metric):
    with torch.no_grad():
        parts = [(float(metric(model(xb), yb)), len(xb)) for xb, yb in loader]
    return sum(value * n for value, n in parts) / sum(n for _, n in parts)


# %% wrong="validate_epoch: records gradients"
def batch_accuracy(scores, labels):
    return ((scores > 0) == (labels == 1)).float().mean()


def validate_epoch(model, loader, metric):
    parts = [(float(metric(model(xb), yb)), len(xb)) for xb, yb in loader]
    return sum(value * n for value, n in parts) / sum(n for _, n in parts)


# %% wrong="validate_epoch: only the last batch"
def batch_accuracy(scores, labels):
    return ((scores > 0) == (labels == 1)).float().mean()


def validate_epoch(model, loader, metric):
    with torch.no_grad():
        for xb, yb in loader:
            value = float(metric(model(xb), yb))
    return value


# %% [markdown]
# All parts are there. Roll: twenty epochs of a model with 785 parameters. **Predict:** will it beat the ideals? And
# what will the weights look like, drawn as a picture?

# %%
torch.manual_seed(0)
weights, bias = init_params((784, 1), std=0.1), init_params((1,), std=0.1)


def linear_model(xb):
    return linear1(xb, weights, bias)


curve = []
for _ in range(device.budget(20)):
    train_epoch(linear_model, mnist_loss, train_dl, [weights, bias], lr=1.0)
    curve.append(validate_epoch(linear_model, valid_dl, batch_accuracy))
reached["3 or 7, linear by hand"] = curve[-1]
print(f"validation accuracy after {len(curve)} epochs: {curve[-1]:.2%}")

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.2))
left.plot(range(1, len(curve) + 1), curve, marker=".")
for name, style in (("L1", ":"), ("RMSE", "--")):
    left.axhline(reached[f"3 or 7, nearest mean, {name}"], color="grey", linestyle=style, label=f"nearest mean, {name}")
left.set(xlabel="epoch", ylabel="validation accuracy")
left.legend()
right.imshow(weights.detach().reshape(28, 28), cmap="coolwarm", vmin=-0.6, vmax=0.6)
right.set_title("the weights: red speaks for three, blue for seven", fontsize=9)
right.set_axis_off()
figure.tight_layout()

# %% [markdown]
# How much of that is learning? With RMSE, *nearest mean* is a linear model too (its weights are the difference of the
# two ideals), so both models can say the same things. Whatever lies between the dashed line and the curve, the
# gradient has gained by choosing better weights. Around the edge the weights are still the random numbers of the
# start: no picture ever has ink there, and a pixel without ink has no gradient.
#
# ## 5 · Tidy up
#
# Whoever trains a second model will not want to write `with torch.no_grad(): for p in params: ...` again. Two small
# classes take the loop apart: an **optimiser** knows the parameters and how to step, a **learner** knows everything
# else.
#
# ### Exercise: an optimiser
# difficulty 3/5 · 10 minutes · cards: optimiser-interface, gradients-accumulate
#
# Write `BasicOptim` with the same three methods that PyTorch's optimisers have.
#
# - `params` may be any iterable, also a generator such as `model.parameters()`, which can be walked through *only
#   once*;
# - `step()` moves every parameter against its gradient, and leaves alone a parameter that has none
#   (`p.grad is None`);
# - `zero_grad()` clears the gradients.


# %% solution="BasicOptim"
class BasicOptim:
    """Plain stochastic gradient descent."""

    def __init__(self, params, lr: float):
        ### BEGIN SOLUTION
        self.params, self.lr = list(params), lr
        ### END SOLUTION

    def step(self) -> None:
        """One step against the gradient, in place."""
        ### BEGIN SOLUTION
        with torch.no_grad():
            for p in self.params:
                if p.grad is not None:
                    p -= self.lr * p.grad
        ### END SOLUTION

    def zero_grad(self) -> None:
        """Forget the gradients."""
        ### BEGIN SOLUTION
        for p in self.params:
            p.grad = None
        ### END SOLUTION


# %% tests="BasicOptim" points=4
def rounds(optimiser, starts, lr, n):
    """The parameters after n rounds of minimising the sum of their fourth powers."""
    params = [start.clone().requires_grad_() for start in starts]
    opt = optimiser((p for p in params), lr)
    for _ in range(n):
        sum((p**4).sum() for p in params).backward()
        opt.step()
        opt.zero_grad()
    return [p.detach() for p in params]


def one_step(optimiser, x, lr, clear, slope):
    """Two parameters after a step, cleared before it or not; the second has the gradient `slope`, or none."""
    used, unused = x.clone().requires_grad_(), x.clone().requires_grad_()
    opt = optimiser([used, unused], lr)
    (used**2).sum().backward()
    unused.grad = slope
    if clear:
        opt.zero_grad()
    opt.step()
    return used.detach(), unused.detach()


with checks.check("one step of two parameters", hint="which way is downhill? Does the parameter itself change?"):
    used, unused = checks.there(one_step, BasicOptim, torch.tensor([1.0, -2.0]), 0.25, False, torch.ones(2))
    checks.close(used, [0.5, -1.0])
    checks.close(unused, [0.75, -2.25])
### BEGIN HIDDEN TESTS
rng = checks.rng()
x, lr = rng.tensor(5), rng.uniform(0.01, 0.2)
with checks.check("zero_grad forgets the gradient", hint="after zero_grad a step should change nothing"):
    checks.close(checks.there(one_step, BasicOptim, x, lr, True, None)[0], x)
    moved = checks.there(one_step, BasicOptim, x, lr, False, None)[0]
    checks.true(not torch.equal(moved, x), "without zero_grad the same step should change something")
with checks.check("a parameter without a gradient is left alone", hint="p.grad may be None"):
    used, unused = checks.there(one_step, BasicOptim, x, lr, False, None)
    checks.close(unused, x)
    checks.true(not torch.equal(used, x), "a parameter beside it, with a gradient, should change")
with checks.check("several rounds, parameters from a generator", hint="how often can you walk through a generator?"):
    starts = [rng.tensor(3, low=-1, high=1), rng.tensor(2, 2, low=-1, high=1)]
    got = checks.there(rounds, BasicOptim, starts, lr, 4)
    for start, end in zip(starts, got, strict=True):
        for _ in range(4):
            start = start - lr * 4 * start**3
        checks.close(end, start, rtol=1e-4, atol=1e-5)
### END HIDDEN TESTS


# %% right="BasicOptim: a tuple, .data and zero_"
class BasicOptim:
    def __init__(self, params, lr):
        self.params = tuple(params)
        self.lr = lr

    def step(self):
        for p in self.params:
            if p.grad is None:
                continue
            p.data.sub_(p.grad.data * self.lr)

    def zero_grad(self):
        for p in self.params:
            if p.grad is not None:
                p.grad.detach_().zero_()


# %% right="BasicOptim: a decorator"
class BasicOptim:
    def __init__(self, params, lr):
        self.params, self.lr = [*params], lr

    @torch.no_grad()
    def step(self):
        for p in filter(lambda p: p.grad is not None, self.params):
            p.add_(p.grad, alpha=-self.lr)

    def zero_grad(self):
        for p in self.params:
            p.grad = None


# %% wrong="BasicOptim: keeps the generator"
class BasicOptim:
    def __init__(self, params, lr):
        self.params, self.lr = params, lr

    def step(self):
        with torch.no_grad():
            for p in self.params:
                if p.grad is not None:
                    p -= self.lr * p.grad

    def zero_grad(self):
        for p in self.params:
            p.grad = None


# %% wrong="BasicOptim: stumbles over a missing gradient"
class BasicOptim:
    def __init__(self, params, lr):
        self.params, self.lr = list(params), lr

    def step(self):
        with torch.no_grad():
            for p in self.params:
                p -= self.lr * p.grad

    def zero_grad(self):
        for p in self.params:
            p.grad = None


# %% wrong="BasicOptim: rebinds the loop variable"
class BasicOptim:
    def __init__(self, params, lr):
        self.params, self.lr = list(params), lr

    def step(self):
        with torch.no_grad():
            for p in self.params:
                if p.grad is not None:
                    p = p - self.lr * p.grad

    def zero_grad(self):
        for p in self.params:
            p.grad = None


# %% wrong="BasicOptim: zero_grad zeroes a copy"
class BasicOptim:
    def __init__(self, params, lr):
        self.params, self.lr = list(params), lr

    def step(self):
        with torch.no_grad():
            for p in self.params:
                if p.grad is not None:
                    p -= self.lr * p.grad

    def zero_grad(self):
        for p in self.params:
            if p.grad is not None:
                p.grad.clone().zero_()


# %% [markdown]
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
# Write `fit`. It makes *one* optimiser for the whole training by `self.opt_func(parameters, lr)`. In every epoch it
# puts the model into training mode (`model.train()`), takes a step for each batch of `train_dl`, puts the model into
# evaluation mode (`model.eval()`), and appends the value of `self.validate(self.model, self.valid_dl)` to
# `self.history`.
#
# The modes change nothing for a linear layer; they matter for layers such as dropout and batch norm, which behave
# differently while training.


# %% solution="TinyLearner"
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


# %% tests="TinyLearner" points=5
def training(learner, x, y, w, lr, epochs, momentum):
    """Weight, history and the modes in which the model was called, after training a linear layer from weight w."""
    import torch

    class Momentum:
        def __init__(self, params, lr):
            (self.p,), self.lr, self.v = params, lr, 0.0

        def step(self):
            self.v = momentum * self.v + self.p.grad
            self.p.data -= self.lr * self.v

        def zero_grad(self):
            self.p.grad = None

    modes = []
    model = torch.nn.Linear(w.shape[1], 1, bias=False)
    model.weight.data = w.clone()
    model.register_forward_hook(lambda module, args, out: modes.append(module.training))

    def validate(model, loader):
        return sum(float(((model(xb) - yb) ** 2).mean().detach()) for xb, yb in loader)

    train_dl, valid_dl = [(x[:4], y[:4]), (x[4:], y[4:])], [(x, y)]

    def loss_func(scores, targets):
        return torch.nn.functional.mse_loss(scores, 2 * targets)

    mine = learner(train_dl, valid_dl, model, loss_func, Momentum, validate)
    mine.fit(epochs, lr)
    return model.weight.detach().clone(), [float(value) for value in mine.history], modes


x, y, w = torch.ones(8, 1), torch.zeros(8, 1), torch.ones(1, 1)
with checks.check(
    "one epoch of two batches moves the weight to 0.64", hint="for each batch: loss, backward, step, zero_grad"
):
    checks.close(checks.there(training, TinyLearner, x, y, w, 0.1, 1, 0.0)[0], [[0.64]])
with checks.check("the history holds one value an epoch", hint="validate at the end of each epoch"):
    checks.close(checks.there(training, TinyLearner, x, y, w, 0.1, 2, 0.0)[1], [0.64**2, 0.64**4])
### BEGIN HIDDEN TESTS
rng = checks.rng()
x, y, w, lr = rng.tensor(9, 3), rng.tensor(9, 1), rng.tensor(1, 3), rng.uniform(0.02, 0.08)
right = w.clone().requires_grad_()
velocity = torch.zeros(1, 3)
for _ in range(3):
    for part in (slice(0, 4), slice(4, 9)):
        slope = 2 * ((x[part] @ right.T - 2 * y[part]) * x[part]).mean(0, keepdim=True).detach()
        velocity = 0.9 * velocity + slope
        right = (right - lr * velocity).detach()
weight, history, modes = None, None, None
with checks.check(
    "three epochs with momentum", points=2, hint="one optimiser for the whole training, gradients cleared each time"
):
    weight, history, modes = checks.there(training, TinyLearner, x, y, w, lr, 3, 0.9)
    checks.close(weight, right, rtol=1e-4, atol=1e-5)
    checks.close(history[-1], (x @ right.T - y).pow(2).mean(), rtol=1e-4)
with checks.check("trains in training mode, validates in evaluation mode", hint="train() and eval() in every epoch"):
    checks.equal(modes, [True, True, False] * 3)
### END HIDDEN TESTS


# %% right="TinyLearner: clears first, in methods of its own"
class TinyLearner:
    def __init__(self, train_dl, valid_dl, model, loss_func, opt_func, validate):
        self.train_dl, self.valid_dl, self.model = train_dl, valid_dl, model
        self.loss_func, self.opt_func, self.validate = loss_func, opt_func, validate
        self.history = []

    def one_batch(self, xb, yb):
        self.opt.zero_grad()
        self.loss_func(self.model(xb), yb).backward()
        self.opt.step()

    def fit(self, epochs, lr):
        self.opt = self.opt_func(self.model.parameters(), lr)
        for _ in range(epochs):
            self.model.train()
            for xb, yb in self.train_dl:
                self.one_batch(xb, yb)
            self.model.eval()
            self.history += [self.validate(self.model, self.valid_dl)]


# %% right="TinyLearner: train(False), no gradients for validation"
class TinyLearner:
    def __init__(self, train_dl, valid_dl, model, loss_func, opt_func, validate):
        self.train_dl, self.valid_dl, self.model = train_dl, valid_dl, model
        self.loss_func, self.opt_func, self.validate = loss_func, opt_func, validate
        self.history = []

    def fit(self, epochs, lr):
        opt = self.opt_func(list(self.model.parameters()), lr)
        while epochs:
            epochs -= 1
            self.model.train(True)
            for xb, yb in self.train_dl:
                loss = self.loss_func(self.model(xb), yb)
                opt.zero_grad()
                loss.backward()
                opt.step()
            self.model.train(False)
            with torch.no_grad():
                self.history.append(self.validate(self.model, self.valid_dl))


# %% wrong="TinyLearner: forgets to clear the gradients"
class TinyLearner:
    def __init__(self, train_dl, valid_dl, model, loss_func, opt_func, validate):
        self.train_dl, self.valid_dl, self.model = train_dl, valid_dl, model
        self.loss_func, self.opt_func, self.validate = loss_func, opt_func, validate
        self.history = []

    def fit(self, epochs, lr):
        opt = self.opt_func(self.model.parameters(), lr)
        for _ in range(epochs):
            self.model.train()
            for xb, yb in self.train_dl:
                self.loss_func(self.model(xb), yb).backward()
                opt.step()
            self.model.eval()
            self.history.append(self.validate(self.model, self.valid_dl))


# %% wrong="TinyLearner: never goes back to training mode"
class TinyLearner:
    def __init__(self, train_dl, valid_dl, model, loss_func, opt_func, validate):
        self.train_dl, self.valid_dl, self.model = train_dl, valid_dl, model
        self.loss_func, self.opt_func, self.validate = loss_func, opt_func, validate
        self.history = []

    def fit(self, epochs, lr):
        opt = self.opt_func(self.model.parameters(), lr)
        self.model.train()
        for _ in range(epochs):
            for xb, yb in self.train_dl:
                self.loss_func(self.model(xb), yb).backward()
                opt.step()
                opt.zero_grad()
            self.model.eval()
            self.history.append(self.validate(self.model, self.valid_dl))


# %% wrong="TinyLearner: a new optimiser in every epoch"
class TinyLearner:
    def __init__(self, train_dl, valid_dl, model, loss_func, opt_func, validate):
        self.train_dl, self.valid_dl, self.model = train_dl, valid_dl, model
        self.loss_func, self.opt_func, self.validate = loss_func, opt_func, validate
        self.history = []

    def fit(self, epochs, lr):
        for _ in range(epochs):
            opt = self.opt_func(self.model.parameters(), lr)
            self.model.train()
            for xb, yb in self.train_dl:
                self.loss_func(self.model(xb), yb).backward()
                opt.step()
                opt.zero_grad()
            self.model.eval()
            self.history.append(self.validate(self.model, self.valid_dl))


# %% wrong="TinyLearner: one step an epoch"
class TinyLearner:
    def __init__(self, train_dl, valid_dl, model, loss_func, opt_func, validate):
        self.train_dl, self.valid_dl, self.model = train_dl, valid_dl, model
        self.loss_func, self.opt_func, self.validate = loss_func, opt_func, validate
        self.history = []

    def fit(self, epochs, lr):
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


# %% wrong="TinyLearner: validates only at the end"
class TinyLearner:
    def __init__(self, train_dl, valid_dl, model, loss_func, opt_func, validate):
        self.train_dl, self.valid_dl, self.model = train_dl, valid_dl, model
        self.loss_func, self.opt_func, self.validate = loss_func, opt_func, validate
        self.history = []

    def fit(self, epochs, lr):
        opt = self.opt_func(self.model.parameters(), lr)
        for _ in range(epochs):
            self.model.train()
            for xb, yb in self.train_dl:
                self.loss_func(self.model(xb), yb).backward()
                opt.step()
                opt.zero_grad()
        self.model.eval()
        self.history.append(self.validate(self.model, self.valid_dl))


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
# ## 6 · A bend makes the difference
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
# hint: multiply out the bracket with pencil and paper. Which terms have an $x$ in them?


# %% solution="collapse"
def collapse(w1, b1, w2, b2):
    """Weights (n, k) and bias (k,) of the one linear layer that equals the two in a row."""
    ### BEGIN SOLUTION
    return w1 @ w2, b1 @ w2 + b2
    ### END SOLUTION


# %% tests="collapse" points=3
with checks.check("numbers instead of matrices: 3(2x + 1) + 4 is 6x + 7", hint="what does the second layer do to b1?"):
    w, b = collapse(torch.tensor([[2.0]]), torch.tensor([1.0]), torch.tensor([[3.0]]), torch.tensor([4.0]))
    checks.close(w, [[6.0]])
    checks.close(b, [7.0])
### BEGIN HIDDEN TESTS
rng = checks.rng()
n, m, k = rng.integer(3, 5), rng.integer(6, 8), rng.integer(1, 2)
w1, b1, w2, b2 = rng.tensor(n, m), rng.tensor(m), rng.tensor(m, k), rng.tensor(k)
with checks.check("the shapes of one linear layer", hint="from n numbers to k numbers"):
    w, b = collapse(w1, b1, w2, b2)
    checks.shape(w, n, k)
    checks.shape(b, k)
with checks.check("the same result for every input", hint="multiply out (x W1 + b1) W2 + b2"):
    x = rng.tensor(20, n)
    w, b = (torch.as_tensor(part).float() for part in collapse(w1, b1, w2, b2))
    checks.close(x @ w + b, F.linear(F.linear(x, w1.T, b1), w2.T, b2), rtol=1e-3, atol=1e-4)
### END HIDDEN TESTS


# %% right="collapse: asks the two layers"
def collapse(w1, b1, w2, b2):
    def both(x):
        return (x @ w1 + b1) @ w2 + b2

    bias = both(torch.zeros(w1.shape[0]))
    return both(torch.eye(w1.shape[0])) - bias, bias


# %% right="collapse: by einsum"
def collapse(w1, b1, w2, b2):
    return torch.einsum("nm,mk->nk", w1, w2), torch.einsum("m,mk->k", b1, w2) + b2


# %% right="collapse: number by number, in double precision"
def collapse(w1, b1, w2, b2):
    w1, b1, w2, b2 = (part.double() for part in (w1, b1, w2, b2))
    columns = range(w2.shape[1])
    w = torch.tensor([[(row * w2[:, k]).sum().item() for k in columns] for row in w1], dtype=torch.float64)
    return w, torch.stack([b1.dot(w2[:, k]) + b2[k] for k in columns])


# %% wrong="collapse: adds the biases"
def collapse(w1, b1, w2, b2):
    return w1 @ w2, (b1.sum() + b2).reshape(b2.shape)


# %% wrong="collapse: forgets the second bias"
def collapse(w1, b1, w2, b2):
    return w1 @ w2, b1 @ w2


# %% wrong="collapse: forgets the first bias"
def collapse(w1, b1, w2, b2):
    return w1 @ w2, b2


# %% wrong="collapse: the other order"
def collapse(w1, b1, w2, b2):
    return w2.T @ w1.T, b1 @ w2 + b2


# %% [markdown]
# So a hundred linear layers in a row can do no more than one. They need something between them that is *not* linear,
# and it need not be much: the **ReLU** $\max(0, x)$ replaces negative numbers by zero, and that is all. Each bend
# lets the next layer treat the two sides differently; with enough bends a net of two layers comes as close as you
# like to any continuous function (on a closed, bounded region).

# %%
x = torch.linspace(-2, 2, 101)
plt.figure(figsize=(6, 2.5))
plt.plot(x, F.relu(x), label="one ReLU: one bend")
plt.plot(x, F.relu(x + 1) - 2 * F.relu(x) + 2 * F.relu(x - 1), label="three ReLUs: three bends")
plt.legend()
plt.tight_layout()

# %% [markdown]
# ## 7 · Somebody else's learner
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
reached["3 or 7, two layers and a ReLU"] = learn.recorder.values[-1][-1]
print(f"after {learn.n_epoch} epochs: {reached['3 or 7, two layers and a ReLU']:.2%}")

# %% [markdown]
# The recorder kept both losses and the metric of every epoch. (Its training loss is a running average, so it lags
# behind.) **Look** at the picture: which of the three curves still moves at the end, and is that the one you care
# about?

# %%
train_loss, valid_loss, score = zip(*learn.recorder.values, strict=True)
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 2.8))
left.plot(train_loss, label="training loss")
left.plot(valid_loss, label="validation loss")
left.legend()
right.plot(score, color="tab:green", label="validation accuracy")
right.set_ylim(0.9, 1)
right.legend()
figure.tight_layout()

# %% [markdown]
# One layer more, and why stop there? **ResNet-18** has eighteen layers with weights, over eleven million parameters,
# and ways for the gradient to go round the layers (a later lesson builds it). It usually comes with weights learnt on
# a million photographs. We take it *without*: whatever it can do, it will have learnt from our digits.
#
# It was made for colour photographs, three channels, and for a thousand classes. Ours have one channel, and we want
# one score.
#
# ### Exercise: fit it to our pictures
# difficulty 3/5 · 8 minutes · cards: resnet-no-weights, replace-first-layer
#
# Make an untrained ResNet-18 with `classes` outputs, and replace its first layer (`net.conv1`) by one that takes a
# single channel and is otherwise the same. Print `resnet18()` in a new cell to see what the first layer looks like.
# Fill the blanks.
#
# hint: its first layer reads `Conv2d(3, 64, kernel_size=(7, 7), stride=(2, 2), padding=(3, 3), bias=False)`.


# %% solution="digit_resnet"
def digit_resnet(classes: int) -> nn.Module:
    """An untrained ResNet-18 for pictures of one channel."""
    net = resnet18(weights=None, num_classes=classes)  # ? weights=None | classes
    net.conv1 = nn.Conv2d(1, 64, kernel_size=7, stride=2, padding=3, bias=False)  # ? conv1 | 1 | 64 | 2 | False
    return net


# %% tests="digit_resnet" points=3
def facts(digit_resnet, classes):
    """Shape, stride and padding of the first layer, number of parameters, shape of the output."""
    import torch

    with torch.device("meta"):  # shapes without numbers, which cost nothing
        net = digit_resnet(classes)
        out = net(torch.zeros(2, 1, 28, 28))
    first = net.conv1
    size = sum(p.numel() for p in net.parameters())
    return tuple(first.weight.shape), first.stride, first.padding, size, tuple(out.shape)


with checks.check(
    "two pictures of one channel, one score each", hint="how many channels go in, how many scores come out?"
):
    checks.equal(checks.there(facts, digit_resnet, 1)[-1], (2, 1))
### BEGIN HIDDEN TESTS
rng = checks.rng()
classes = rng.integer(3, 12)
with checks.check("any number of classes", hint="num_classes should follow the argument"):
    checks.equal(checks.there(facts, digit_resnet, classes)[-1], (2, classes))
with checks.check(
    "otherwise the same ResNet-18", hint="same kernel size, stride and padding, and no bias in the first layer"
):
    first, stride, padding, size, _ = checks.there(facts, digit_resnet, classes)
    checks.equal(first, (64, 1, 7, 7))
    checks.equal(stride, (2, 2))
    checks.equal(padding, (3, 3))
    checks.equal(size, 11_689_512 - 1000 * 513 + classes * 513 - 2 * 64 * 7 * 7)  # torchvision's, with our two changes
### END HIDDEN TESTS


# %% equivalent="digit_resnet: None is the default"
# - net = resnet18(weights=None, num_classes=classes)
# + net = resnet18(num_classes=classes)


# %% right="digit_resnet: a new head too"
def digit_resnet(classes):
    net = resnet18()
    net.conv1 = nn.Conv2d(1, net.conv1.out_channels, 7, 2, 3, bias=False)
    net.fc = nn.Linear(net.fc.in_features, classes)
    return net


# %% right="digit_resnet: the sum of the old channels"
def digit_resnet(classes):
    net = resnet18(num_classes=classes)
    old = net.conv1
    net.conv1 = nn.Conv2d(1, 64, old.kernel_size, old.stride, old.padding, bias=False)
    net.conv1.weight.data = old.weight.data.sum(1, keepdim=True)
    return net


# %% wrong="digit_resnet: still three channels"
def digit_resnet(classes):
    net = resnet18(weights=None, num_classes=classes)
    net.conv1 = nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3, bias=False)
    return net


# %% wrong="digit_resnet: a thousand classes"
def digit_resnet(classes):
    net = resnet18(weights=None)
    net.conv1 = nn.Conv2d(1, 64, kernel_size=7, stride=2, padding=3, bias=False)
    return net


# %% wrong="digit_resnet: a bias too many"
def digit_resnet(classes):
    net = resnet18(weights=None, num_classes=classes)
    net.conv1 = nn.Conv2d(1, 64, kernel_size=7, stride=2, padding=3)
    return net


# %% wrong="digit_resnet: stride left out"
def digit_resnet(classes):
    net = resnet18(weights=None, num_classes=classes)
    net.conv1 = nn.Conv2d(1, 64, kernel_size=7, padding=3, bias=False)
    return net


# %% [markdown]
# Eleven million parameters take their time on a CPU: three epochs of 800 pictures are twenty seconds or so. Same
# learner, same loss; a network that takes pictures instead of rows. **Predict:** will it beat the net with one hidden
# layer, which has 470 times fewer parameters?

# %%
torch.manual_seed(0)
some = torch.randperm(len(train_x))[: device.budget(800)]  # have you a GPU? Then take them all
pictures = TensorDataset(train_x[some].reshape(-1, 1, 28, 28), train_y[some])
loaders = DataLoaders(
    DataLoader(pictures, batch_size=32, shuffle=True, drop_last=True),
    DataLoader(TensorDataset(valid_x.reshape(-1, 1, 28, 28), valid_y), batch_size=64),
)
deep = Learner(loaders, digit_resnet(1), mnist_loss, opt_func=SGD, metrics=batch_accuracy)
with quiet(deep):
    deep.fit(device.budget(3), lr=0.05)
reached["3 or 7, ResNet-18"] = deep.recorder.values[-1][-1]
print("accuracy after each epoch:", [f"{values[-1]:.1%}" for values in deep.recorder.values])

# %% [markdown]
# On so few validation pictures you can hardly tell it from a net that is 470 times smaller: threes and sevens are too
# easy for it. (The poor first epoch is its batch norm: in evaluation mode it uses running averages, and after so few
# steps these lag behind the weights.) Its advantage shows on harder pictures.
#
# ## 8 · All ten digits
#
# Everything so far carries over. The dumb idea first: ten ideals instead of two, and the answer is the place of the
# nearest.
#
# ### Exercise: the nearest of ten
# difficulty 2/5 · 8 minutes · cards: mean-digit, argmin-class, mnist-data
#
# Fill the blanks. `torch.cdist(a, b, p)` measures the distance between every row of `a` and every row of `b`: from
# (n, 784) and (10, 784) it makes (n, 10). With `p=1` it adds up magnitudes, with `p=2` it takes the root of the sum
# of squares; compared with our means over the pixels that changes the scale, and never which one is nearest.


# %% solution="nearest_digit"
def nearest_digit(x, y, unknown, p: float = 2) -> torch.Tensor:
    """For each unknown picture (28, 28), the digit 0 to 9 whose mean picture is nearest."""
    means = torch.stack([x[y == digit].mean(0) for digit in range(10)])  # ? stack | y == digit | 0
    gaps = torch.cdist(unknown.flatten(1), means.flatten(1), p)  # ? 1@1 | p
    return gaps.argmin(dim=1)  # ? argmin | dim=1


# %% tests="nearest_digit" points=3
with checks.check(
    "ten flat grey pictures, each found again", hint="one mean for each digit, in order; what is nearest?"
):
    grey = torch.arange(10)[:, None, None] * torch.ones(10, 2, 2)
    checks.equal(nearest_digit(grey, torch.arange(10), grey.flip(0) + 0.1), torch.arange(9, -1, -1))
### BEGIN HIDDEN TESTS
rng = checks.rng()
y = torch.cat([rng.permutation(10), rng.permutation(10), rng.integers(20, low=0, high=9)])
x, drawn = rng.tensor(40, 3, 4), rng.tensor(60, 3, 4)
means = [sum(x[n] for n in range(40) if y[n] == d) / sum(int(y[n] == d) for n in range(40)) for d in range(10)]


def clear_cases(p):
    """The pictures whose nearest mean wins by more than rounding can change, and their digits, one by one."""
    cases = []
    for picture in drawn:
        gaps = [(picture - mean).double().abs().pow(p).sum().item() ** (1 / p) for mean in means]
        nearest, second = sorted(gaps)[:2]
        if second - nearest > 1e-3:
            cases.append((picture, gaps.index(nearest)))
    pictures, nearest_digits = zip(*cases, strict=True)
    return torch.stack(pictures), torch.tensor(nearest_digits)


with checks.check("any pictures, nearest by L2", hint="which axis of gaps counts the digits?"):
    unknown, expected = clear_cases(2)
    checks.equal(nearest_digit(x, y, unknown), expected)
with checks.check("any pictures, nearest by L1", hint="pass p on"):
    unknown, expected = clear_cases(1)
    checks.equal(nearest_digit(x, y, unknown, p=1), expected)
### END HIDDEN TESTS


# %% right="nearest_digit: by broadcasting"
def nearest_digit(x, y, unknown, p=2):
    means = torch.stack([x[y == digit].mean(0) for digit in range(10)])
    gaps = (unknown[:, None] - means[None]).abs().pow(p).sum((-1, -2))
    return gaps.argmin(dim=1)


# %% right="nearest_digit: largest of the negative"
def nearest_digit(x, y, unknown, p=2):
    means = torch.stack([x[y == digit].mean(0).flatten() for digit in range(10)])
    return (-torch.cdist(unknown.flatten(1), means, p)).max(dim=-1).indices


# %% right="nearest_digit: one picture at a time"
def nearest_digit(x, y, unknown, p=2):
    means = [x[y == digit].mean(0) for digit in range(10)]
    return torch.tensor([min(range(10), key=lambda digit: torch.dist(one, means[digit], p)) for one in unknown])


# %% wrong="nearest_digit: the farthest"
def nearest_digit(x, y, unknown, p=2):
    means = torch.stack([x[y == digit].mean(0) for digit in range(10)])
    gaps = torch.cdist(unknown.flatten(1), means.flatten(1), p)
    return gaps.argmax(dim=1)


# %% wrong="nearest_digit: the nearest picture for each digit"
def nearest_digit(x, y, unknown, p=2):
    means = torch.stack([x[y == digit].mean(0) for digit in range(10)])
    gaps = torch.cdist(unknown.flatten(1), means.flatten(1), p)
    return gaps.argmin(dim=0)


# %% wrong="nearest_digit: always L2"
def nearest_digit(x, y, unknown, p=2):
    means = torch.stack([x[y == digit].mean(0) for digit in range(10)])
    gaps = torch.cdist(unknown.flatten(1), means.flatten(1))
    return gaps.argmin(dim=1)


# %% wrong="nearest_digit: the distance instead of the digit"
def nearest_digit(x, y, unknown, p=2):
    means = torch.stack([x[y == digit].mean(0) for digit in range(10)])
    gaps = torch.cdist(unknown.flatten(1), means.flatten(1), p)
    return gaps.amin(dim=1)


# %%
for p in (1, 2):
    answers = nearest_digit(digits.train_x, digits.train_y, digits.valid_x, p)
    reached[f"ten digits, nearest mean, L{p}"] = (answers == digits.valid_y).float().mean().item()
    print(f"L{p}: {reached[f'ten digits, nearest mean, L{p}']:.2%} right (guessing: about 10 %)")

# %% [markdown]
# You have seen the weakness of L1 with threes. The picture counts, for each true digit (row), what L1 called it
# (column). **Look** for the column that attracts everybody. Which digit has the least ink of all?

# %%
called = nearest_digit(digits.train_x, digits.train_y, digits.valid_x, p=1)
counts = torch.bincount(digits.valid_y * 10 + called, minlength=100).reshape(10, 10)
figure, axis = plt.subplots(figsize=(4, 4))
axis.imshow(counts, cmap="Blues")
axis.set(xlabel="called", ylabel="really", xticks=range(10), yticks=range(10))
figure.tight_layout()

# %% [markdown]
# Now learning. A linear model with *ten* scores per picture, one for each digit. To compare them, turn them into
# probabilities: make them positive by the exponential function and divide by their sum. That is the **softmax**:
#
# $$\operatorname{softmax}(s)_k = \frac{e^{s_k}}{\sum_j e^{s_j}}$$
#
# The usual loss asks how probable the model thought the *right* digit, and takes minus the logarithm of that: the
# **cross-entropy**. Sure and right costs next to nothing; sure and wrong costs a lot, without limit, which is why it
# teaches faster than a loss that ends at 1.
#
# ### Exercise: cross-entropy from scratch
# difficulty 4/5 · 12 minutes · cards: softmax, cross-entropy, softmax-shift, initial-loss
#
# Write the mean cross-entropy of a batch. `scores` has shape (batch, classes), `labels` (batch,) holds whole numbers.
#
# One point is for large scores: $e^{1000}$ is infinite in a float. But softmax does not change when the same number
# is taken from all scores of a row, so take away the largest first.
#
# hint: $-\log \operatorname{softmax}(s)_k = \log \sum_j e^{s_j} - s_k$. With the shifted scores, nothing in it can
# overflow.
#
# hint: `scores[torch.arange(len(labels)), labels]` picks one score from each row.


# %% solution="softmax_loss"
def softmax_loss(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The mean over the batch of -log(softmax(scores)[label])."""
    ### BEGIN SOLUTION
    scores = scores - scores.max(dim=1, keepdim=True).values
    log_sum = scores.exp().sum(dim=1).log()
    return (log_sum - scores[torch.arange(len(labels)), labels]).mean()
    ### END SOLUTION


# %% tests="softmax_loss" points=4
with checks.check("no idea among four classes costs log 4", hint="each of four equal scores has probability 1/4"):
    checks.close(softmax_loss(torch.zeros(3, 4), torch.tensor([0, 3, 1])), torch.tensor(4.0).log())
### BEGIN HIDDEN TESTS
rng = checks.rng()
n, classes = rng.integer(12, 20), rng.integer(3, 7)
scores, labels = rng.tensor(n, classes) * 2, rng.integers(n, low=0, high=2)
with checks.check("any scores, as torch has it", hint="sum over the classes of a row; mean over the rows"):
    checks.close(softmax_loss(scores, labels), F.cross_entropy(scores, labels), rtol=1e-4)
with checks.check(
    "the gradient is (softmax - one-hot) / n", hint="stay with tensors all the way, without detach or item"
):
    slope = (torch.softmax(scores, 1) - F.one_hot(labels, classes)) / n
    checks.gradient(lambda s: softmax_loss(s, labels), scores, slope, rtol=1e-3, atol=1e-6)
with checks.check("huge scores do no harm", hint="take away the largest score of each row before exp"):
    huge = scores * 500
    checks.close(softmax_loss(huge, labels), F.cross_entropy(huge.double(), labels), rtol=1e-4)
### END HIDDEN TESTS


# %% right="softmax_loss: logsumexp and gather"
def softmax_loss(scores, labels):
    return (scores.logsumexp(dim=1) - scores.gather(1, labels[:, None])[:, 0]).mean()


# %% right="softmax_loss: log_softmax and one-hot"
def softmax_loss(scores, labels):
    picked = torch.log_softmax(scores, dim=-1) * F.one_hot(labels, scores.shape[1])
    return -picked.sum() / len(labels)


# %% wrong="softmax_loss: overflows"
def softmax_loss(scores, labels):
    p = scores.exp() / scores.exp().sum(dim=1, keepdim=True)
    return -p[torch.arange(len(labels)), labels].log().mean()


# %% wrong="softmax_loss: softmax down the batch"
def softmax_loss(scores, labels):
    return -torch.log_softmax(scores, dim=0)[torch.arange(len(labels)), labels].mean()


# %% wrong="softmax_loss: forgets the logarithm"
def softmax_loss(scores, labels):
    return -torch.softmax(scores, dim=1)[torch.arange(len(labels)), labels].mean()


# %% wrong="softmax_loss: adds up the batch"
def softmax_loss(scores, labels):
    scores = scores - scores.max(dim=1, keepdim=True).values
    return (scores.exp().sum(dim=1).log() - scores[torch.arange(len(labels)), labels]).sum()


# %% wrong="softmax_loss: picks whole columns"
def softmax_loss(scores, labels):
    return -torch.log_softmax(scores, dim=1)[:, labels].mean()


# %% wrong="softmax_loss: a small number against log(0)"
def softmax_loss(scores, labels):
    scores = scores - scores.max(dim=1, keepdim=True).values
    p = scores.exp() / scores.exp().sum(dim=1, keepdim=True)
    return -(p[torch.arange(len(labels)), labels] + 1e-8).log().mean()


# %% [markdown]
# A good habit: before training, compare the first loss with $\log k$ for $k$ classes. A model that knows nothing
# should start there, and one that starts far above has a bug or a bad start.


# %%
def ten_accuracy(scores, labels):
    return (scores.argmax(dim=1) == labels).float().mean()


torch.manual_seed(0)
ten_net = nn.Linear(784, 10)
ten_train = TensorDataset(digits.train_x.flatten(1), digits.train_y)
ten_valid = TensorDataset(digits.valid_x.flatten(1), digits.valid_y)
first = softmax_loss(ten_net(ten_valid[:][0]), ten_valid[:][1])
print(f"loss before training {first:.2f}, and log 10 is 2.30")
loaders = DataLoaders(DataLoader(ten_train, 128, shuffle=True), DataLoader(ten_valid, 256))
ten = Learner(loaders, ten_net, softmax_loss, opt_func=SGD, metrics=ten_accuracy)
with quiet(ten):
    ten.fit(device.budget(20), lr=0.2)
reached["ten digits, softmax regression"] = ten.recorder.values[-1][-1]
print(f"after {ten.n_epoch} epochs: {reached['ten digits, softmax regression']:.2%}")

# %% [markdown]
# ## 9 · What did each of them reach?
#
# The table puts your numbers beside published ones. Unless full MNIST is on this machine they are **not** from the
# same data: the published figures come from 12,396 training and 2,038 validation pictures for threes and sevens, and
# from 60,000 and 10,000 for ten digits. The head line says where yours come from.
#
# The column ± is one standard error, $\sqrt{p(1-p)/n}$. With few validation pictures a single one moves the result
# visibly, and two methods that differ by less than this have hardly been told apart. If a number of yours is *above*
# the published one, do not celebrate: it says that your few pictures happen to be easy ones.

# %% setup
published = {
    "3 or 7, nearest mean, L1": "0.951   fast.ai book, chapter 4",
    "3 or 7, nearest mean, RMSE": "not published",
    "3 or 7, linear by hand": "0.970 - 0.979   fast.ai book, chapter 4, 20 epochs",
    "3 or 7, two layers and a ReLU": "0.983   fast.ai book, chapter 4, 40 epochs",
    "3 or 7, ResNet-18": "0.994 - 0.997   fast.ai book, chapter 4, 1 epoch",
    "ten digits, nearest mean, L1": "0.669   measured for this course",
    "ten digits, nearest mean, L2": "0.820   measured for this course",
    "ten digits, softmax regression": "0.92   dlsys course, homework 0",
}

# %%
n_two, n_ten = len(valid_x), len(digits.valid_x)
print(f"yours: {digits.name}; validated on {n_two:,} threes and sevens, {n_ten:,} of all ten digits")
if device.budget(5) < 5:
    print("run by the grader, which trains a fifth as long")
print(f"{'':32}{'yours':>7}{'±':>7}   on full MNIST")
for method, theirs in published.items():
    if method in reached:
        p, n = reached[method], n_ten if method.startswith("ten") else n_two
        print(f"{method:32}{p:7.3f}{(p * (1 - p) / n) ** 0.5:7.3f}   {theirs}")
    else:
        print(f"{method:32}{'not yet':>7}{'':7}   {theirs}")

# %% [markdown]
# ## 10 · Find the bug, and say it in your own words
#
# ### Exercise: it runs, and learns nothing
# difficulty 3/5 · 12 minutes · cards: broadcast-trap
#
# A colleague wrote this function. It raises no error, but the loss hardly moves away from one half, and the accuracy
# stays where chance has put it. There is **one** mistake. Find it (print shapes, that is what the professionals do)
# and repair it. The labels `y` have shape (n,), and that is not the mistake: callers are used to it.


# %% solution="train_net"
def train_net(net, x, y, lr: float, steps: int) -> list[float]:
    """Trains net, which makes (n, 1) scores, in place on all of x and y (n,); returns the losses."""
    ### BEGIN SOLUTION
    #! opt = torch.optim.SGD(net.parameters(), lr)
    #! losses = []
    #! for _ in range(steps):
    #!     sure = net(x).sigmoid()
    #!     loss = torch.where(y == 1, 1 - sure, sure).mean()
    #!     opt.zero_grad()
    #!     loss.backward()
    #!     opt.step()
    #!     losses.append(loss.item())
    #! return losses
    opt = torch.optim.SGD(net.parameters(), lr)
    losses = []
    for _ in range(steps):
        sure = net(x).sigmoid()[:, 0]
        loss = torch.where(y == 1, 1 - sure, sure).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses
    ### END SOLUTION


# %% tests="train_net" points=3
def trained(train_net, w, x, y, lr, steps):
    """The losses, and the weight after training a linear layer that starts from w."""
    import torch

    net = torch.nn.Linear(w.shape[1], 1, bias=False)
    net.weight.data = w.clone()
    losses = train_net(net, x, y, lr, steps)
    return [float(loss) for loss in losses], net.weight.detach().clone()


def by_formula(w, x, y, lr, steps):
    """The same from the formula of the gradient."""
    losses = []
    for _ in range(steps):
        p = 1 / (1 + torch.exp(-(x @ w[0])))
        losses.append((p - y).abs().mean().item())
        w = w - lr * ((1 - 2 * y) * p * (1 - p) @ x / len(y))[None]
    return losses, w


with checks.check("the first loss of two pictures", hint="print the shapes of sure, of y, and of what where() returns"):
    x, y, w = torch.tensor([[2.0], [-3.0]]), torch.tensor([1.0, 0.0]), torch.ones(1, 1)
    checks.close(checks.there(trained, train_net, w, x, y, 1.0, 1)[0], by_formula(w, x, y, 1.0, 1)[0], rtol=1e-4)
### BEGIN HIDDEN TESTS
rng = checks.rng()
n = rng.integer(15, 25)
x, w, y, lr = rng.tensor(n, 4), rng.tensor(1, 4), rng.integers(n, low=0, high=1).float(), rng.uniform(0.5, 2)
with checks.check("the weights move as the formula says", hint="each picture must meet its own label, and no other"):
    checks.close(
        checks.there(trained, train_net, w, x, y, lr, 5)[1], by_formula(w, x, y, lr, 5)[1], rtol=1e-3, atol=1e-5
    )
with checks.check("the losses too, also for a single picture", hint="each loss is from before its step"):
    for part in (slice(0, n), slice(0, 1)):
        got = checks.there(trained, train_net, w, x[part], y[part], lr, 3)[0]
        checks.close(got, by_formula(w, x[part], y[part], lr, 3)[0], rtol=1e-3)
### END HIDDEN TESTS


# %% right="train_net: labels as a column"
def train_net(net, x, y, lr, steps):
    opt = torch.optim.SGD(net.parameters(), lr)
    losses = []
    for _ in range(steps):
        sure = net(x).sigmoid()
        loss = torch.where(y[:, None] == 1, 1 - sure, sure).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% right="train_net: squeezes the last axis"
def train_net(net, x, y, lr, steps):
    opt = torch.optim.SGD(net.parameters(), lr)
    losses = []
    for _ in range(steps):
        sure = net(x).squeeze(-1).sigmoid()
        loss = torch.where(y == 1, 1 - sure, sure).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="train_net: as it was"
def train_net(net, x, y, lr, steps):
    opt = torch.optim.SGD(net.parameters(), lr)
    losses = []
    for _ in range(steps):
        sure = net(x).sigmoid()
        loss = torch.where(y == 1, 1 - sure, sure).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="train_net: repairs what was not broken"
def train_net(net, x, y, lr, steps):
    opt = torch.optim.SGD(net.parameters(), lr)
    losses = []
    for _ in range(steps):
        sure = net(x).sigmoid()
        loss = torch.where(y == 1, sure, 1 - sure).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="train_net: takes the diagonal's sum"
def train_net(net, x, y, lr, steps):
    opt = torch.optim.SGD(net.parameters(), lr)
    losses = []
    for _ in range(steps):
        sure = net(x).sigmoid()
        loss = torch.where(y == 1, 1 - sure, sure).diagonal().sum()
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="train_net: clears the gradient after backward"
def train_net(net, x, y, lr, steps):
    opt = torch.optim.SGD(net.parameters(), lr)
    losses = []
    for _ in range(steps):
        sure = net(x).sigmoid()[:, 0]
        loss = torch.where(y == 1, 1 - sure, sure).mean()
        loss.backward()
        opt.zero_grad()
        opt.step()
        losses.append(loss.item())
    return losses


# %% [markdown]
# Once repaired, it works: half a minute of thought about shapes saves an afternoon of trying learning rates.

# %%
torch.manual_seed(0)
net = nn.Linear(784, 1)
losses = train_net(net, train_x, train_y[:, 0], lr=1.0, steps=device.budget(100))
answers = net(valid_x) > 0
print(f"loss {losses[0]:.3f} -> {losses[-1]:.3f}, accuracy {(answers == (valid_y == 1)).float().mean():.1%}")

# %% [markdown]
# ### Five questions
# Two to five sentences each are enough. Write as you would to somebody who has not taken this course.

# %% [markdown] question="why_a_baseline" points=2
# **Why a baseline?** A friend trained a network with ten million parameters to tell threes from sevens and is happy
# with 94 % on validation pictures. What do you tell her, and what would you look at first?
#
# ### BEGIN MARK SCHEME
# - 1 point: compares with a baseline: nearest mean (RMSE) reaches 95 to 96 % without any training loop, so 94 % means
#   that the network adds nothing (or something is broken).
# - 1 point: a sensible first look: shapes of scores and labels, learning rate, whether the training loss falls at
#   all, scale of the inputs, labels swapped or shuffled apart from the pictures.
# ### END MARK SCHEME

# %% [markdown] question="loss_or_metric" points=2
# **Loss or metric?** Why is accuracy good for people and useless for the gradient? Describe two models with the same
# accuracy and different losses, and say which one you would rather have.
#
# ### BEGIN MARK SCHEME
# - 1 point: a tiny change of a weight flips no answer, so accuracy is constant almost everywhere and its gradient is
#   zero; the loss reacts to how sure an answer is.
# - 1 point: an example, such as the same answers given hesitantly or surely, or wrong answers given very surely;
#   prefers the one that is surer of right answers or less sure of wrong ones, with the reason.
# ### END MARK SCHEME

# %% [markdown] question="honest_validation" points=2
# **Honest numbers.** You tried twenty learning rates and report the best validation accuracy of the twenty. Is it an
# honest forecast of how the model will do on new pictures? If not, what would be?
#
# ### BEGIN MARK SCHEME
# - 1 point: no: the best of twenty is partly luck on these very pictures; choosing by them makes the number too good
#   (more so with few pictures).
# - 1 point: a third set of pictures (test set) that was used for no choice, looked at once at the end; or
#   cross-validation, nested.
# ### END MARK SCHEME

# %% [markdown] question="batch_size" points=2
# **How many at once?** Compare a batch of one picture, of 64, and of all the training pictures: how good is one
# gradient, how many steps does an epoch make, how well is the hardware used? And what happens if the learning rate is
# far too large?
#
# ### BEGIN MARK SCHEME
# - 1 point: one picture: noisy gradient, many steps, hardware idles; all: exact gradient of the training loss, one
#   step an epoch, slow steps; 64: a compromise of both.
# - 1 point: steps that are too long overshoot the valley; the loss jumps about or grows without limit (nan), whatever
#   the batch size.
# ### END MARK SCHEME

# %% [markdown] question="read_the_table" points=2
# **Read your table.** Which of your numbers may fairly be compared with the published ones, and which may not? Name
# two of your methods that your validation pictures cannot tell apart, and say how you see it.
#
# ### BEGIN MARK SCHEME
# - 1 point: a fair comparison needs the same training and validation data (and epochs): with the embedded digits none
#   is strictly comparable; a student who had full MNIST says so.
# - 1 point: two rows whose difference is not larger than about their standard errors, with the numbers from the
#   student's own table.
# ### END MARK SCHEME

# %% [markdown]
# ## What you have built
# Batches, a loss with a slope, gradients, steps, epochs, validation, an optimiser, a learner. Every training loop
# that you will ever read is some arrangement of these. What comes later changes the parts and keeps the loop:
# optimisers with a memory, layers that see a shape wherever it is, and the ResNet that you only borrowed today.
