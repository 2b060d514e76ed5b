# %% [markdown]
# # One row of numbers and a shape
# Pictures, sentences, the weights of a network: to a computer all of them are the same thing, a long row of numbers
# and a few whole numbers that say how to read it. That thing is called a **tensor**. In this lesson you will learn to
# cut tensors up, glue them together, stretch them without copying, count with them and see through their shape to the
# row behind. At the end your own functions edit, draw and read handwritten digits.
#
# **How to read this notebook.** Before you run a cell, say what you expect to see. Then run it and look. The surprise
# is where the learning happens. Cells that read `# YOUR CODE HERE` or `____` are yours; the cell below each of them
# tells you how far you got. No exercise needs your answer to another one, so if you get stuck, move on. (Pictures that
# are made with your functions have to wait for them.)
#
# **In this part you will** make tensors and ask them what they are, cut windows out of pictures, stick pictures onto a
# sheet, and find out when two tensors are one.

# %% setup
import matplotlib.pyplot as plt
import numpy as np
import torch

from course import checks, cloze, data

# %% setup
cloze.enable()  # for an exercise whose code is compared and never run
torch.set_num_threads(1)  # our tensors are small: two threads would mostly wait for each other
digits = data.digits()  # 4,000 pictures to learn from, 1,000 to check with
three = digits.train_x[digits.train_y == 3][0]


def show(pictures, titles=(), size=1.5):
    """Draw pictures side by side, ink dark on white paper."""
    width = size * len(pictures)
    figure, axes = plt.subplots(1, len(pictures), figsize=(width, size + 0.5), squeeze=False)
    for place, axis in enumerate(axes[0]):
        if 0 not in pictures[place].shape:
            axis.imshow(pictures[place], cmap="gray_r", vmin=0, vmax=1)
        axis.set_title(titles[place] if titles else "", fontsize=9)
        axis.set_axis_off()
    figure.tight_layout()


def tidy(figure, width, height):
    """Give a figure of pictures a size in inches, without numbers along their edges."""
    plt.setp(figure.axes, xticks=[], yticks=[])
    figure.set_size_inches(width, height)
    figure.tight_layout()


# %%
row = three.flatten()  # 784 numbers, one after another
show([row[None].repeat(40, 1)], ["one row of 784 numbers (drawn 40 pixels high)"], size=8)
widths = [28, 27, 29, 56, 14]
shapes = [row[: 784 // width * width].reshape(-1, width) for width in widths]
show(shapes, [f"{len(shape)} × {width}" for shape, width in zip(shapes, widths, strict=True)], size=2)

# %% [markdown]
# The bar code on top is *everything* that is in the computer's memory: 784 numbers in a row. Below it are five ways to
# read the same row. Break it after every 28th number and there is a three. Break it after 27, and each line starts one
# pixel too early, so that the three leans until it breaks over the edge. Break it after 56, and every line of paper
# holds two lines of the three: one three on the left from the even lines, one on the right from the odd ones.
#
# So a picture is not in the numbers alone. It is in the numbers *and* their **shape**. Add a width of your own to
# `widths`, say what will happen, and run the cell again. What does 7 look like? What does 1?
#
# ## 1 · What a tensor knows about itself
#
# A tensor has axes. Their lengths, in order, are its **shape**; how many there are is `x.ndim`. A single number has no
# axis at all and the shape `()`. Besides its shape, a tensor knows two things: the **dtype**, the type that all its
# numbers share, and the **device**, where they live.
#
# | | shape | dtype | one element takes |
# |---|---|---|---|
# | `torch.tensor(3.5)` | `()` | `torch.float32` | 4 bytes |
# | `torch.tensor([1, 2, 3])` | `(3,)` | `torch.int64` | 8 bytes |
# | `torch.zeros(28, 28)` | `(28, 28)` | `torch.float32` | 4 bytes |
# | `torch.tensor([True, False])` | `(2,)` | `torch.bool` | 1 byte |
#
# Why care about types? Because each has its own way to surprise you. **Predict** every line before you run the cell.

# %%
print("1 / 2 of whole numbers:     ", torch.tensor(1) / torch.tensor(2))
print("16,777,216 + 1 as float32:  ", int(torch.tensor(16_777_216.0) + 1))
print("65,504 + 100 as float16:    ", (torch.tensor(65_504.0, dtype=torch.float16) + 100).item())
print("how many of 784 have ink:   ", (row > 0).sum().item())
try:
    torch.tensor([1, 2, 4]).mean()
except RuntimeError as error:
    print("mean of whole numbers:      ", error)

# %% [markdown]
# A float32 has 24 binary digits for the number itself, so above $2^{24} = 16{,}777{,}216$ it can no longer count by
# ones: a counter kept as float32 stops there without a word. float16 ends at 65,504; what is larger becomes infinite.
# (`torch.finfo` and `torch.iinfo` tell what a type can hold.) Adding up truth values *counts* them: one of the most
# useful tricks of this lesson. And a mean of whole numbers would need another type, so torch asks you to say which:
# `x.float().mean()`.
#
# Tensors are made in three ways: from data (`torch.tensor` of a list), from a size (`torch.zeros(2, 3)`, `torch.ones`,
# `torch.rand` with numbers between 0 and 1), or like another tensor (`torch.zeros_like(x)`). `torch.empty` takes memory
# as it finds it, with whatever numbers were left there, to be overwritten. A method that ends in an **underscore**
# changes its tensor **in place**: `x.zero_()`, `x.uniform_(low, high)`, `x.normal_(mean, std)`.
#
# numpy's arrays are tensors without a GPU and without gradients. `torch.from_numpy(array)` makes a tensor of one.
# `np.full(shape, value)` fills a whole array with one number.
#
# ### Exercise: ask and make
# difficulty 1/5 · 10 minutes · cards: tensor-facts, constructors, numpy-bridge, random-fill
#
# Fill the blanks. `facts` asks a tensor what it is. `make` makes five tensors:
#
# - `paper` of zeros and `ink` of ones, both (height, width);
# - `grey`, a tensor made of a numpy array of this shape that holds 0.5 everywhere;
# - `noise`, (height, width), which takes empty memory and fills it *in place*, uniformly between −1 and 1;
# - `coins`, (height,), each of which is 0 or 1 with equal chances, as float32. (`torch.randint(low, high, size)` never
#   returns `high` itself.)


# %% solution="ask_and_make" promises="leaves-inputs, tensors(make)"
def facts(x: torch.Tensor) -> tuple:
    """The shape as a tuple, the dtype's name, the device's kind, how many rows, how many numbers, how many bytes."""
    kind = str(x.dtype)  # ? x.dtype
    where = x.device.type  # ? device
    rows = x.size(0)  # ? size
    numbers = x.numel()  # ? numel()
    return tuple(x.shape), kind, where, rows, numbers, numbers * x.element_size()  # ? shape


def make(height: int, width: int) -> tuple[torch.Tensor, ...]:
    """Paper, ink, grey, noise and coins, as the text above says."""
    paper, ink = torch.zeros(height, width), torch.ones(height, width)  # ? zeros | ones
    grey = torch.from_numpy(np.full((height, width), 0.5))  # ? from_numpy | (height, width), 0.5
    noise = torch.empty(height, width).uniform_(-1, 1)  # ? empty | uniform_
    coins = torch.randint(0, 2, (height,)).float()  # ? 0, 2 | float
    return paper, ink, grey, noise, coins


# %% [markdown] explains="ask_and_make"
# A tensor knows all of this without looking at a single number: `shape`, `dtype` and `device` are facts about how to
# read the row. `size(0)` is the length of the first axis, `numel()` the product of all. Only together with
# `element_size()` does that give bytes: six numbers take 24 bytes as float32, 48 as int64 and 6 as uint8.
#
# `from_numpy` keeps numpy's 64 bits, so `grey` is a double while `paper` is not. `empty` takes memory as it is, and
# `uniform_` with its underscore writes into it; `torch.rand` alone would lie between 0 and 1. For coins the upper end
# is 2, as `randint` never returns it: with `(0, 1)` every coin falls on 0, and nothing complains. A size is a tuple,
# and the comma in `(height,)` is what makes it one.


# %% tests="ask_and_make" points=4
def examples(rng):
    yield checks.example(facts, {"x": rng.tensor(3, 2)}, of="facts")
    yield checks.example(make, {"height": 2, "width": 3}, of="make")


with checks.check("what a table of two by three knows", hint="one number of float32 takes 4 bytes"):
    checks.equal(facts(torch.zeros(2, 3)), ((2, 3), "torch.float32", "cpu", 2, 6, 24))
with checks.check("paper, ink and grey", hint="zeros, ones, and an array filled with one half"):
    paper, ink, grey, _, _ = make(2, 3)
    checks.close(paper, [[0.0] * 3] * 2, what="paper")
    checks.close(ink, [[1.0] * 3] * 2, what="ink")
    checks.close(grey, [[0.5] * 3] * 2, what="grey")
### BEGIN HIDDEN TESTS
rng = checks.rng()


def of_parts(facts, x):
    """The parts are cut where the answer runs: a cut one would arrive without what was left out."""
    return facts(x[1:]), facts(x[:, 0])


with checks.check("facts of any tensor", hint="the type, the size of the first axis, and all numbers of all axes"):
    x = rng.integers(rng.integer(4, 6), 3, 2, low=0, high=9)
    for kind, size in ((torch.int64, 8), (torch.uint8, 1), (torch.float64, 8), (torch.float16, 2)):
        n = 6 * len(x)
        checks.equal(facts(x.to(kind)), (tuple(x.shape), str(kind), "cpu", len(x), n, n * size))
    checks.equal(facts(rng.tensor(7)), ((7,), "torch.float32", "cpu", 7, 7, 28))
    checks.equal(facts(rng.tensor(2, 1, 3, 1, 2)), ((2, 1, 3, 1, 2), "torch.float32", "cpu", 2, 12, 48))
    later, first = checks.on_student_side(of_parts, facts, x)
    checks.equal(later, ((len(x) - 1, 3, 2), "torch.int64", "cpu", len(x) - 1, n - 6, 8 * (n - 6)))
    checks.equal(first, ((len(x), 2), "torch.int64", "cpu", len(x), 2 * len(x), 16 * len(x)))
with checks.check("noise and coins by chance", hint="what is between −1 and 1? does randint return its upper end?"):
    height, width = rng.integer(2_000, 2_100), 4
    paper, ink, grey, noise, coins = make(height, width)
    for picture, value in ((paper, 0.0), (ink, 1.0), (grey, 0.5)):
        checks.close(picture, torch.full((height, width), value))
    checks.shape(noise, height, width)
    checks.between(noise, -1, 1)
    flat = torch.as_tensor(noise).double()
    checks.between(flat.mean(), -0.06, 0.06, what="mean of the noise")  # eight standard errors
    checks.between(flat.square().mean(), 0.3, 0.37, what="mean square of the noise")
    checks.shape(coins, height)
    checks.dtype(coins, torch.float32)
    checks.true(bool(((coins == 0) | (coins == 1)).all()), "a coin is 0 or 1")
    checks.between(coins.mean(), 0.41, 0.59, what="mean of the coins")
    checks.true(not torch.equal(noise, make(height, width)[3]), "the noise should be another one at every call")
### END HIDDEN TESTS

# %% [markdown]
# Run `make(2, 2)` in a cell of your own and look at the dtype of `grey`. numpy's floats have 64 bits, torch's have 32,
# and `from_numpy` keeps what it is given: sooner or later everybody meets the message that a network expected Float but
# found Double.
#
# *Further reading:* [PyTorch: tensor attributes](https://pytorch.org/docs/stable/tensor_attributes.html), [creation
# ops](https://pytorch.org/docs/stable/torch.html#creation-ops); Goldberg, "What Every Computer Scientist Should Know
# About Floating-Point Arithmetic" (1991).
#
# ## 2 · Cutting and pasting
#
# Square brackets take a tensor apart, axis by axis, from left to right. A whole number picks one place and the axis
# disappears; a **slice** `start:stop:step` picks a range and the axis stays; `:` takes everything; negative numbers
# count from the end; `...` stands for as many `:` as fit, so that `x[..., 0]` is the first entry of the last axis,
# however many axes there are. `None` puts in a new axis of length 1. **Predict** what you will see in each picture.

# %%
pieces = {
    "[4:16]": three[4:16],
    "[:, ::2]": three[:, ::2],
    "[::2, ::2]": three[::2, ::2],
    ".flip(0)": three.flip(0),
    ".T": three.T,
    ".roll(9, dims=1)": three.roll(9, dims=1),
    "[arange(28) // 2 + 6]": three[torch.arange(28) // 2 + 6],
}
show(list(pieces.values()), [f"three{name}" for name in pieces], size=1.9)

# %% [markdown]
# (torch has no step of −1, so flipping takes `flip`, which copies; `roll` shifts and lets what falls off come in again
# on the other side.) A list of numbers picks these rows in this order, as often as you like; a mask of True and False
# picks where it is True.
#
# Two habits of Python are in nearly every cell of this course. A **list comprehension** makes a list by a loop in one
# line, and `zip` walks through several lists side by side. **Predict** the three lines.

# %%
table = torch.arange(1, 10).reshape(3, 3)
print("bottom right corner:", table[-2:, -2:].tolist())
print("a comprehension:    ", [value * value for value in table[0].tolist() if value > 1])
print("zip:                ", list(zip("abc", table[:, 0].tolist(), strict=True)))

# %% [markdown]
# Cutting is the commonest thing that anybody does to pictures. The next exercise is the one piece of it that goes wrong
# most often: the window that does not lie wholly inside. A camera that follows a ball needs it at the edge of
# the frame, and so does every network that wants all of its pictures to have one size.
#
# ### Exercise: a window with paper around
# difficulty 3/5 · 12 minutes · cards: slice-view, new-like, slice-rules
#
# Return the part of a picture that a window of size (height, width) shows, when its upper left corner stands at row
# `top`, column `left` of the picture. These may be negative or large: whatever is outside the picture is blank paper,
# 0. A window may also miss the picture altogether, and shows nothing but paper then.
#
# hint: Start with blank paper of the window's size. Which rows of the *picture* does the window show at all? At which
# rows of the *window* do they stand? And beware: in Python `x[-2:3]` does not begin two rows before the picture.


# %% solution="window" promises="leaves-inputs, tensor, any-float, any-layout"
def window(picture: torch.Tensor, top: int, left: int, height: int, width: int) -> torch.Tensor:
    """What a window (height, width) at (top, left) shows of a picture; paper (0) where there is no picture."""
    ### BEGIN SOLUTION
    seen = picture.new_zeros(height, width)
    first_row, last_row = max(top, 0), min(top + height, picture.shape[0])
    first_column, last_column = max(left, 0), min(left + width, picture.shape[1])
    if first_row < last_row and first_column < last_column:
        rows, columns = slice(first_row, last_row), slice(first_column, last_column)
        seen[first_row - top : last_row - top, first_column - left : last_column - left] = picture[rows, columns]
    return seen
    ### END SOLUTION


# %% [markdown] explains="window"
# Two questions, and each has its own coordinates. Which rows of the *picture* are seen? From `max(top, 0)` to
# `min(top + height, rows)`: where window and picture overlap. At which rows of the *window* do they stand? At the same
# rows, minus `top`. The two slices have the same length by construction, so the assignment always fits.
#
# A plain `picture[top : top + height]` works inside and fails at the edges without an error. Beyond the lower end
# Python gives fewer rows; and a negative start counts from the end, so that of four rows `x[-2:3]` is row 2 alone and
# not the top of the picture. If the window misses the picture, the first row comes after the last and nothing may be
# copied. That needs its own `if`, since such a slice of the window could again have a negative end.


# %% tests="window" points=5
def examples(rng):
    for top, left in ((-1, 1), (1, -2)):
        yield checks.example(window, {"picture": rng.tensor(3, 4), "top": top, "left": left, "height": 3, "width": 5})


four = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
with checks.check("a window inside the picture", hint="which rows, then which columns?"):
    checks.close(window(four, 0, 1, 2, 2), [[2.0, 3.0], [5.0, 6.0]])
with checks.check("a window over the upper left corner", hint="one row and one column of paper come first"):
    checks.close(window(four, -1, -1, 2, 3), [[0.0, 0.0, 0.0], [0.0, 1.0, 2.0]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
picture = rng.tensor(rng.integer(4, 6), rng.integer(7, 9))
rows, columns = picture.shape


def seen(picture, top, left, height, width):
    inside = lambda r, c: 0 <= r < picture.shape[0] and 0 <= c < picture.shape[1]
    place = [[(top + r, left + c) for c in range(width)] for r in range(height)]
    shown = [[picture[r, c].item() if inside(r, c) else 0.0 for r, c in line] for line in place]
    return torch.tensor(shown, dtype=picture.dtype)


with checks.check("over the other edges", hint="where does the picture end, and where does the window begin?"):
    for top, left, height, width in (
        (rows - 2, 1, 5, 3),
        (1, columns - 2, 2, 6),
        (-2, 2, 3, columns),
        (0, -3, rows, 4),
        (rows - 1, -2, 4, 5),
        (-1, columns - 1, 3, 3),
    ):
        checks.close(window(picture, top, left, height, width), seen(picture, top, left, height, width))
with checks.check("larger than the picture, and exactly as large", hint="paper on every side"):
    for top, left, more in ((-2, -1, 5), (-1, -3, 6), (0, 0, 0)):
        size = (rows + more, columns + more)
        checks.close(window(picture, top, left, *size), seen(picture, top, left, *size))
    fine = rng.tensor(3, 4, dtype=torch.float64)
    checks.close(window(fine, -1, 1, 5, 3), seen(fine, -1, 1, 5, 3), rtol=1e-12, atol=1e-12)
with checks.check("beside the picture, and one pixel in it", hint="nothing of it is seen: paper only"):
    beside = ((-3, 0), (-5, 2), (rows, 1), (rows + 7, 1), (0, -2), (0, -5), (1, columns), (1, columns + 5))
    for top, left in (*beside, (-100, 1), (0, 100), (100, -100)):
        checks.close(window(picture, top, left, 3, 2), torch.zeros(3, 2))
    checks.close(window(picture, rows - 1, columns - 1, 1, 1), picture[-1:, -1:])
    checks.close(window(picture[:1, :1], 0, 0, 2, 1), [[picture[0, 0].item()], [0.0]])
### END HIDDEN TESTS

# %%
places = [(0, 0), (4, 4), (-6, -10), (9, 12), (-14, 6)]
show([window(three, *place, 28, 28) for place in places], [f"top, left = {place}" for place in places], size=1.9)

# %% [markdown]
# ## 3 · When two tensors are one
#
# A slice costs nothing, however large, because it copies nothing: it is a **view** of the same memory. That makes
# tensors fast, and it is behind half of all bugs that people have with them. **Predict** how many of the four sheets
# below will have a white band, if each is changed in the way that its title says.

# %%
sheets = [three.clone() for _ in range(4)]
band = sheets[0][10:14]
band.zero_()  # a slice, changed in place
band = sheets[1][10:14]
band = band * 0  # a slice, and a new tensor for the result
band = sheets[2][[10, 11, 12, 13]]
band.zero_()  # rows picked by a list, changed in place
sheets[3][[10, 11, 12, 13]] = 0  # assigned to rows picked by a list
show(sheets, ["slice, zero_()", "slice * 0", "list, zero_()", "[list] = 0"], size=1.8)

# %% [markdown]
# The first and the last. `band * 0` makes new numbers and lets the *name* `band` point at them; nobody has touched the
# sheet. Picking by a list (or by a mask) **copies**, so `zero_()` blanked the copy. But with brackets on the *left* of
# `=` nothing is picked: the numbers are written where they belong.
#
# | shares memory | copies |
# |---|---|
# | slices, `x[3]`, `x.T`, `view`, `expand`, `unsqueeze`, `detach`, `torch.from_numpy(a)`, `x.numpy()` | `clone`, `x[[…]]`, `x[mask]`, `flip`, `roll`, `repeat`, `cat`, `stack`, `torch.tensor(a)`, arithmetic |
#
# `data_ptr()` tells at which address a tensor's numbers begin, so it can settle a dispute about it.

# %%
array = np.zeros(3)
shared, copied = torch.from_numpy(array), torch.tensor(array)
array[0] = 7
print("from_numpy:", shared.tolist(), "  torch.tensor:", copied.tolist())
print("row 0 begins where the three begins:", three[0].data_ptr() == three.data_ptr())
print("row 1 begins", three[1].data_ptr() - three.data_ptr(), "bytes later")

# %% [markdown]
# ### Exercise: a stamp
# difficulty 2/5 · 8 minutes · cards: in-place, view-or-copy, slice-assign
#
# Print a picture onto a sheet, **in place**, with its upper left corner at row `top`, column `left`. (It lies wholly on
# the sheet; both have the same dtype.) Ink does not cover ink: at each pixel the darker of the two, the larger number,
# stays, also where numbers are negative. The function returns nothing; the caller's sheet is what has changed, and with
# it every tensor that shares its memory.
#
# hint: `sheet = …` inside a function gives a name to something new. Who would ever see it?


# %% solution="stamp" promises="changes(sheet)"
def stamp(sheet: torch.Tensor, picture: torch.Tensor, top: int, left: int) -> None:
    """Print a picture (height, width) onto the sheet, in place; the darker ink of the two stays."""
    ### BEGIN SOLUTION
    height, width = picture.shape
    place = sheet[top : top + height, left : left + width]
    place.copy_(torch.maximum(place, picture))
    ### END SOLUTION


# %% [markdown] explains="stamp"
# `place` is a slice and therefore a view: whatever is written into it stands on the sheet. `copy_` writes.
# `place = torch.maximum(…)` would write nothing at all; it gives the old name to a new tensor, which is gone when the
# function returns. `sheet[top : top + height, …] = torch.maximum(…)` is right too, because brackets on the left of `=`
# write. Picking the place by *lists* of rows and columns would make a copy, and the stamp would land on that.
#
# Ink does not add up: 0.6 on 0.8 would be 1.4, darker than black. Nor does it cover: the paper of the picture, zeros,
# would wipe out what was there. `maximum` keeps the darker of the two at each pixel, and so a second stamp in the same
# place changes nothing.


# %% tests="stamp" points=4
def examples(rng):
    given = {"sheet": rng.tensor(4, 5, low=0, high=1), "picture": rng.tensor(2, 3, low=1, high=2), "top": 1, "left": 2}
    yield checks.example(stamp, given)


with checks.check("one line onto two", hint="larger numbers are darker; which row, which columns?"):
    sheet = checks.mutable(torch.tensor([[0.0, 0.3, 0.0], [0.0, 0.9, 0.5]]))
    returned = stamp(sheet, torch.tensor([[0.6, 0.8]]), 1, 1)
    checks.close(sheet, [[0.0, 0.3, 0.0], [0.0, 0.9, 0.8]])
    checks.true(returned is None, "stamp changes the sheet and returns nothing")
### BEGIN HIDDEN TESTS
rng = checks.rng()
height, width = rng.integer(6, 8), rng.integer(9, 11)


def stamped(sheet, picture, top, left):
    wanted = sheet.clone()
    for r in range(len(picture)):
        for c in range(len(picture[0])):
            wanted[top + r, left + c] = max(picture[r, c].item(), sheet[top + r, left + c].item())
    return wanted


def on_parts(stamp, whole, picture):
    """The sheets are cut where the answer runs, so that they share the memory of what comes back."""
    cut, turned, sparse = whole.clone(), whole.clone(), whole.clone()
    stamp(cut[1:5, 2:7], picture, 1, 2)
    stamp(turned.T, picture, 3, 1)
    stamp(sparse[::2, 1:], picture, 0, 3)
    return cut, turned, sparse


with checks.check("anywhere on a sheet", hint="a slice of the sheet is a view: write into it"):
    for top, left in ((0, 0), (height - 3, width - 4), (1, 3), (2, 0)):
        sheet = rng.tensor(height, width, mutable=True)
        picture = rng.tensor(3, 4)
        wanted = stamped(sheet, picture, top, left)
        stamp(sheet, picture, top, left)
        checks.close(sheet, wanted)
with checks.check("all of the sheet, one pixel of it, and twice", hint="what stays where both have ink?"):
    sheet, picture = rng.tensor(4, 3, low=0, high=1, mutable=True), rng.tensor(4, 3, low=0, high=1)
    wanted = torch.maximum(sheet, picture)
    stamp(sheet, picture, 0, 0)
    checks.close(sheet, wanted)
    stamp(sheet, picture * 0.5, 0, 0)
    checks.close(sheet, wanted)
    stamp(sheet, torch.ones(1, 1), 3, 1)
    wanted[3, 1] = 1
    checks.close(sheet, wanted)
with checks.check("a sheet that is itself a part of a larger one", hint="the caller's numbers have to change"):
    whole, picture = rng.tensor(6, 8, low=-1, high=1, dtype=torch.float64), rng.tensor(2, 3, low=0, high=2).double()
    cut, turned, sparse = checks.on_student_side(on_parts, stamp, whole, picture)
    checks.close(cut, stamped(whole, picture, 2, 4), rtol=1e-12, atol=1e-12)
    checks.close(turned, stamped(whole.T, picture, 3, 1).T, rtol=1e-12, atol=1e-12)
    wanted = whole.clone()
    wanted[::2, 1:] = stamped(whole[::2, 1:], picture, 0, 3)
    checks.close(sparse, wanted, rtol=1e-12, atol=1e-12)
### END HIDDEN TESTS

# %%
sheet = torch.zeros(60, 200)
for place in range(9):
    stamp(sheet, digits.train_x[place * 401], 4 + 3 * place, 20 * place)
show([sheet], ["nine stamps on one sheet"], size=7)

# %% [markdown]
# ### Exercise: there and back
# difficulty 1/5 · 5 minutes · cards: pick-device, device-name, to-device, back-to-numpy
#
# Memory has an address, and it lies somewhere: in the computer's main memory (`"cpu"`) or on a graphics card
# (`"cuda"`). Both ends of an operation must be on the same device, and numpy knows main memory only. Your machine may
# have no graphics card, so the next code is never run: what you type is compared with what is usual there, one name or
# one text in quotes for each blank. Fill the blanks, so that it picks the card when there is one, says its name, moves
# a tensor there, and brings the result back as an array. Keep the cell's first line.

# %% cloze="gpu" points=2
# | device = "cuda" if torch.cuda.{{is_available||device_count}}() else {{"cpu"}}
# | if device == "cuda":
# |     print(torch.cuda.{{get_device_name}}(0))
# | x = torch.rand(3, 3).{{to}}(device)
# | result = (x @ x).{{cpu||detach().cpu::back to main memory}}().{{numpy}}()

# %% [markdown] explains="gpu"
# `torch.cuda.is_available` is a question, and the brackets behind the blank ask it; the string `"cpu"` is the answer
# for everybody else. Choosing the device once, at the top, and writing `.to(device)` everywhere keeps a program running
# on both kinds of machine.
#
# The way back has two steps, because numpy knows main memory only. `result.numpy()` on a tensor of the graphics card
# raises a `TypeError`, whose message says what to do: `cpu()` first. For a tensor that is in main memory already,
# `cpu()` returns it as it is, so it costs nothing to always write it. If the tensor requires a gradient, `detach()`
# comes in between, as you will see in section 11.

# %% [markdown]
# *Further reading:* [PyTorch: tensor views](https://pytorch.org/docs/stable/tensor_view.html); [numpy: copies and
# views](https://numpy.org/doc/stable/user/basics.copies.html); [PyTorch: CUDA
# semantics](https://pytorch.org/docs/stable/notes/cuda.html).
#
# **Now you can** make tensors of any kind, read off what they are, cut and paste without falling off an edge, and tell
# from a line of code whether it changes its caller's numbers.
