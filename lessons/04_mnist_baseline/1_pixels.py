# %% [markdown]
# # From pixels to a learner
# You will teach a computer to read handwritten digits, first without any learning at all, then with every part of the
# training loop written by your own hands, and finally with a library that does in five lines what you built in fifty.
# By then you will know what those five lines do, because you will have written all of it.
#
# **How to read this notebook.** Before you run a cell, say what you expect to see. Then run it and look. The surprise
# is where the learning happens. Cells that read `# YOUR CODE HERE` or `____` are yours; the cell below each of them
# tells you how far you got. If you get stuck, move on: the next exercise does not need this one.
#
# **In this part you will** turn pictures into tensors, classify them without learning, and let autograd find slopes.

# %% setup
from itertools import pairwise

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from course import checks, data, device

# %% setup
digits = data.best_mnist()  # the 5,000 digits of this course, or all 70,000 if they are here
hits: dict[str, torch.Tensor] = {}  # by method: which validation pictures it gets right, for a table near the end


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
# A grey picture is a tensor with two axes: rows from top to bottom, columns from left to right. (The number of axes is
# the tensor's **rank**, the list of their lengths its **shape**: rank 2, shape (28, 28).) Zero is bare paper and one is
# full ink. **Predict:** where in the table below are the largest numbers, and what lies between ink and paper?

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
# The numbers in the picture are of the kind that a scanner delivers: whole numbers from 0 to 255, one byte each,
# `torch.uint8`. (These scans were black and white; the greys came in when they were shrunk to 20 × 20 pixels.) They are
# easy to store and bad to calculate with. **Predict:** what is 200 + 100, if the result must be a byte again?

# %%
byte = torch.tensor([200, 100], dtype=torch.uint8)
print("200 + 100 in bytes:", (byte[0] + byte[1]).item())
print("as floats:         ", (byte[0].float() + byte[1].float()).item())

# %% [markdown]
# A byte has no room for 300 and starts again at 0. So the first thing to do with pictures is to change type and scale.
#
# ### Exercise: stack and scale
# difficulty 1/5 · 5 minutes · cards: stack-or-cat, scale-bytes
#
# A data set often arrives as a Python list, one small tensor per picture. Put the list into *one* tensor with a new
# first axis that counts the pictures, and scale the bytes to floats between 0 and 1. 255 means full ink in every
# picture, also in one that happens to be faint.
#
# hint: `torch.stack` makes a new axis; `torch.cat` glues along an axis that is there already.


# %% solution="stack_pictures" promises="leaves-inputs, tensor"
def stack_pictures(pictures: list[torch.Tensor]) -> torch.Tensor:
    """One float32 tensor (n, height, width), from 0 to 1, out of n pictures of type uint8."""
    ### BEGIN SOLUTION
    return torch.stack(pictures).float() / 255
    ### END SOLUTION


# %% tests="stack_pictures" points=3
def examples(rng):
    pictures = [rng.integers(3, 5, low=0, high=255).to(torch.uint8) for _ in range(2)]
    yield checks.example(stack_pictures, {"pictures": pictures})


with checks.check("two tiny pictures become one stack", hint="what makes a new first axis? What do 51 and 255 become?"):
    left, right = torch.tensor([[0, 255], [51, 102]]), torch.tensor([[255, 204], [0, 153]])
    got = stack_pictures([left.to(torch.uint8), right.to(torch.uint8)])
    checks.close(got, [[[0.0, 1.0], [0.2, 0.4]], [[1.0, 0.8], [0.0, 0.6]]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("any number of pictures of any size, as float32", hint="which type was asked for, and which scale?"):
    for n, height in ((1, rng.integer(4, 7)), (rng.integer(3, 6), rng.integer(4, 7)), (150, 1)):
        raw = rng.integers(n, height, rng.integer(8, 9), low=0, high=255).to(torch.uint8)
        got = stack_pictures(list(raw))
        checks.dtype(got, torch.float32)
        checks.close(got, raw.double() / 255)
with checks.check("faint pictures stay faint", hint="255 is full ink, whatever the darkest pixel at hand may be"):
    for most in (200, 90, 2, 1, 0):
        raw = rng.integers(3, 5, 5, low=0, high=most).to(torch.uint8)
        checks.close(stack_pictures(list(raw)), raw.double() / 255, what=f"no byte above {most}")
### END HIDDEN TESTS

# %% [markdown]
# ## 2 · The laziest classifier that might work
#
# Ten digits are a lot. Start with two that most people can tell apart: is it a **three or a seven**? Before any neural
# network, ask what the dumbest idea would reach. That number is the *baseline*: a network that does not beat it has
# learnt nothing worth its electricity, and often a baseline shows that something is broken long before a network does.
#
# Here is a dumb idea. Average all the threes into one ideal three, average the sevens too, and say of a new picture
# that it is whatever ideal it lies closer to. The training pictures are for finding the ideals; the validation
# pictures, which the program has never seen, are for finding out whether it works.

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
# A stack has three axes: picture, row, column. The axis that you name in `mean` *disappears*. Fill the blanks:
#
# - `template`, shape (height, width): for each pixel, its mean over all the pictures: the ideal digit;
# - `ink`, shape (n,): for each picture, the mean of all its pixels;
# - `heaviest`, shape (height, width): the picture with the most ink (if several have it, any of them).
#
# hint: The three axes are number 0, 1 and 2. `argmax` gives the place of the largest number, not the number.


# %% solution="summarise" promises="leaves-inputs, tensors"
def summarise(pictures: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The mean picture, the mean ink of each picture, and the picture with the most ink."""
    template = pictures.mean(dim=0)  # ? mean | dim=0
    ink = pictures.mean(dim=(1, 2))  # ? (1, 2)
    heaviest = pictures[ink.argmax()]  # ? argmax
    return template, ink, heaviest


# %% tests="summarise" points=3
def examples(rng):
    yield checks.example(summarise, {"pictures": rng.tensor(3, 4, 5, low=0, high=1)})


with checks.check("the mean of two pictures, pixel by pixel", hint="name the axis that should disappear"):
    pair = torch.tensor([[[0.0, 1.0, 0.5]], [[1.0, 1.0, 0.1]]])
    checks.close(summarise(pair)[0], [[0.5, 1.0, 0.3]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
# Most ink, blackest pixel, largest norm, largest spread: each in another picture.
grey, spots, half = torch.full((3, 8), 0.6), torch.full((3, 8), 0.1), torch.zeros(3, 8)
spots[rng.integer(0, 2), rng.integer(0, 7)] = 1.0
half[:, ::2] = 0.95
pale = rng.tensor(rng.integer(3, 5), 3, 8, low=0, high=0.3)
mixed = torch.cat([torch.stack([grey, spots, half]), pale])
x = mixed[rng.permutation(len(mixed))]
with checks.check("one amount of ink for each picture", hint="which two axes make up one picture?"):
    for stack in (x, x[:1], x.repeat(20, 1, 1)):
        checks.close(summarise(stack)[1], [sum(map(sum, picture)) / 24 for picture in stack.tolist()])
with checks.check(
    "template and heaviest of any stack", hint="which axis disappears in each? Where is the largest ink?"
):
    place = max(range(len(x)), key=lambda n: x[n].sum())
    checks.close(summarise(x)[0], sum(x) / len(x), what="template")
    checks.close(summarise(x)[2], x[place], what="heaviest")
    for alone in x[:2]:
        checks.close(summarise(alone[None])[0], alone, what="template of a single picture")
        checks.close(summarise(alone[None])[2], alone, what="heaviest of a single picture")
    many = torch.cat([rng.tensor(90, 3, 8, low=0, high=0.5), x])
    checks.close(summarise(many)[0], many.double().sum(0).float() / len(many), what="template of many pictures")
    checks.close(summarise(many)[2], x[place], what="heaviest of many pictures")
### END HIDDEN TESTS

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
# L1 is the *mean absolute difference*. RMSE reads backwards: the **r**oot of the **m**ean of the **s**quared **e**rror.
#
# ### Exercise: two kinds of distance
# difficulty 2/5 · 8 minutes · cards: l1-rmse, negative-axes
#
# Write both. Take the mean over the last two axes only, so that the same function measures one picture or a whole stack
# at once: from shapes (28, 28) and (28, 28) it makes a single number, from (n, 28, 28) and (28, 28) n numbers.
#
# hint: `mean` takes a tuple of axes; -1 is the last axis, -2 the one before, however many there are in front.


# %% solution="distances" promises="leaves-inputs, tensor, any-float"
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
def examples(rng):
    for distance in (l1_distance, rmse_distance):
        yield checks.example(distance, {"a": rng.tensor(3, 4, 7), "b": rng.tensor(4, 7)})


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
    checks.close(l1_distance(x[None], y), [[F.l1_loss(picture, y) for picture in x]])
    checks.close(l1_distance(y, 9 * x), [F.l1_loss(y, 9 * picture) for picture in x], what="one picture and a stack")
    checks.close(l1_distance(x, x.flip(0)), (x - x.flip(0)).abs().mean((1, 2)), what="two stacks")
    checks.close(l1_distance(x, x.clone()), torch.zeros(len(x)), atol=1e-9, what="pictures and themselves")
with checks.check("RMSE of a whole stack, one number a picture", hint="take the root after the mean, for each picture"):
    checks.close(rmse_distance(x, y), [F.mse_loss(picture, y).item() ** 0.5 for picture in x])
    checks.close(rmse_distance(x[None], y), [[F.mse_loss(picture, y).item() ** 0.5 for picture in x]])
    far = [F.mse_loss(y, 9 * picture).item() ** 0.5 for picture in x]
    checks.close(rmse_distance(y, 9 * x), far, what="one picture and a stack")
    checks.close(rmse_distance(x, x.flip(0)), (x - x.flip(0)).pow(2).mean((1, 2)).sqrt(), what="two stacks")
    checks.close(rmse_distance(x, x.clone()), torch.zeros(len(x)), atol=1e-9, what="pictures and themselves")
### END HIDDEN TESTS

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
# One subtraction can compare a whole stack with one ideal. PyTorch lines up the shapes *from the right*, and where one
# tensor has no axis (or one of length 1) it behaves *as if* repeated, without a copy:
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
# `is_3` says of every picture in a stack whether it lies closer to the ideal three than to the ideal seven, by whatever
# `distance` it is given; like yours, it takes one picture or a whole stack. (A picture in the very middle is not closer
# to either, so the answer is False.) `accuracy` says what share of the answers is right.
#
# One trap is worth a point. If somebody compares answers of shape (n,) with labels of shape (n, 1), broadcasting
# quietly makes an n × n table and the share of *that* is nonsense. So let `accuracy` raise a `ValueError` when the
# shapes differ.
#
# hint: `distance(pictures, three)` has one number a picture; comparing two such tensors with `<` gives one bool a
# picture.


# %% solution="is_3" promises="leaves-inputs, tensor(is_3)"
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
def examples(rng):
    answers, labels = rng.integers(9, low=0, high=3), rng.integers(9, low=0, high=3)
    yield checks.example(accuracy, {"answers": answers, "labels": labels})
    given = {"pictures": rng.tensor(5, 2, 3), "three": rng.tensor(2, 3), "seven": rng.tensor(2, 3)}
    yield checks.example(lambda *x: is_3(*x, lambda a, b: (a - b).abs().mean((-1, -2))), given, of="is_3")


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


def by_the(measure, is_3, *given):
    return is_3(*given, lambda a, b: getattr((a - b).abs(), measure)((-1, -2)))


with checks.check("any stack, by the distance that is passed in", hint="call distance, not your own; what is a tie?"):
    x, one, other = rng.tensor(150, 3, 5), rng.tensor(3, 5), rng.tensor(3, 5)
    got = checks.on_student_side(by_the, "amax", is_3, x, one, other)
    near, far = ((x - mean).flatten(1) for mean in (one, other))
    checks.equal(got, near.abs().max(1).values < far.abs().max(1).values)
    tied = checks.on_student_side(by_the, "sum", is_3, torch.full((2, 3, 5), 0.5), torch.zeros(3, 5), torch.ones(3, 5))
    checks.equal(tied, torch.tensor([False, False]))
    nearly = 0.5 + torch.tensor([-1e-4, 1e-4, -0.3])[:, None, None] * torch.ones(3, 5)  # to one side by a hair
    got = checks.on_student_side(by_the, "mean", is_3, nearly, torch.zeros(3, 5), torch.ones(3, 5))
    checks.equal(got, torch.tensor([True, False, True]), what="nearly in the middle")
with checks.check("accuracy of ten classes too", hint="does your comparison work for other numbers than 0 and 1?"):
    answers, labels = rng.integers(900, low=0, high=9, mutable=True), rng.integers(900, low=0, high=4)
    answers[:40] = labels[:40]
    checks.close(accuracy(answers, labels), (answers == labels).double().mean())
    checks.close(accuracy(labels[:7], labels[:7] + 1), 0.0, what="nothing right")
    large = 400_000 + torch.arange(8)
    checks.close(accuracy(large, large + torch.arange(8) % 2), 0.5, what="large labels")
with checks.check("accuracy refuses shapes that differ", hint="compare the shapes first, and raise ValueError"):
    answers = rng.integers(6, low=0, high=1)
    for shape in ((6, 1), (1, 6), (2, 3)):
        checks.raises(ValueError, accuracy, answers, answers.reshape(shape))
        checks.raises(ValueError, accuracy, answers.reshape(shape), answers)
    checks.raises(ValueError, accuracy, answers.reshape(3, 2), answers.reshape(2, 3))
    checks.raises(ValueError, accuracy, answers[:1], answers[0])
    checks.raises(ValueError, accuracy, answers, answers[:1])
    checks.raises(ValueError, accuracy, answers.reshape(3, 2), answers[:2].reshape(1, 2))
    checks.close(accuracy(answers.reshape(2, 3), answers.reshape(2, 3)), 1.0)
### END HIDDEN TESTS

# %% [markdown]
# Now the test, on pictures that no ideal was made from. **Predict:** how many in a hundred will this rule get right?

# %%
both = torch.cat([valid_threes, valid_sevens])
truth = torch.arange(len(both)) < len(valid_threes)  # the threes come first
for name, distance in (("L1", l1_distance), ("RMSE", rmse_distance)):
    answers = is_3(both, ideal_three, ideal_seven, distance)
    hits[f"3 or 7, nearest mean, {name}"] = answers == truth
    threes_right, sevens_right = answers[truth].float().mean(), 1 - answers[~truth].float().mean()
    print(f"{name:5}{accuracy(answers, truth):.2%} (threes {threes_right:.1%}, sevens {sevens_right:.1%})")

# %% [markdown]
# Most people guess far too low. Look at the mistakes of L1: most are threes. For each pixel of bare paper it charges
# the grey that the ideal has there, so it leans towards the ideal with less ink. Squaring makes light grey cheap.
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
# PyTorch finds the gradient for you: **automatic differentiation**, *autograd* for short. Mark a tensor by
# `requires_grad_()`, and every result made from it remembers how it was made. `backward()` walks back through that
# record and leaves the derivative in `.grad`. **Predict** the slope of $x^2$ at 3.

# %%
x = torch.tensor(3.0).requires_grad_()
square = x**2
square.backward()
print("x² at 3 is", square.item(), "and its slope there", x.grad.item())
positions = torch.linspace(-1, 5, 50)
plt.figure(figsize=(4, 2.5))
plt.plot(positions, positions**2)
plt.plot(positions, square.item() + x.grad.item() * (positions - 3), "--", label="tangent at 3")
plt.legend()
plt.tight_layout()

# %% [markdown]
# A loss depends on many numbers at once; then `.grad` holds one slope for each. And here is what surprises everybody
# once: a second `backward` does not replace what is in `.grad`. **Predict** the third line.

# %%
three_numbers = torch.tensor([3.0, 4.0, 10.0], requires_grad=True)
(three_numbers**2).sum().backward()
print("slopes of the sum of squares:  ", three_numbers.grad.tolist())
(three_numbers**2).sum().backward()
print("after a second backward:       ", three_numbers.grad.tolist())
three_numbers.grad = None
(three_numbers**2).sum().backward()
print("cleared first, and once more:  ", three_numbers.grad.tolist())

# %% [markdown]
# Gradients **accumulate**: they add up until somebody clears them. One thing is left. When *you* change a parameter, as
# in a step downhill, that is no part of the calculation to be differentiated; `torch.no_grad()` says so.

# %%
p = torch.tensor([3.0, 4.0], requires_grad=True)
try:
    p -= 0.1  # in place, while autograd is watching
except RuntimeError as error:
    print("refused:", error)
with torch.no_grad():
    p -= 0.1
print("under no_grad:", p)

# %% [markdown]
# **Now you can** stack and scale pictures, measure distances between them, beat guessing without learning, and let
# autograd find a slope. *Further reading:* Howard and Gugger, *Deep Learning for Coders with fastai and PyTorch*,
# chapter 4; [PyTorch: broadcasting semantics](https://pytorch.org/docs/stable/notes/broadcasting.html), [autograd
# mechanics](https://pytorch.org/docs/stable/notes/autograd.html); LeCun, Bottou, Bengio and Haffner, *Gradient-Based
# Learning Applied to Document Recognition* (1998), on MNIST.
