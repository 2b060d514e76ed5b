# %% [markdown]
# ## 11 · Figures and axes
#
# **In this part you will** draw with matplotlib's own objects, write a note in other people's digits, ruin it, repair
# it and read it with nothing but your own functions, and find a bug that makes ten pictures one.
#
# So far `show` did the drawing. In matplotlib a **figure** is the sheet of paper, and an **axes** object is one
# coordinate system on it, with a title, labels and everything drawn in it. Most of a beginner's trouble comes from
# `plt.plot` and `plt.title`, which draw on whichever axes were used last. So ask for axes, keep them, and talk to them.
#
# | to get axes | |
# |---|---|
# | `figure = plt.figure(figsize=(8, 3))` | an empty sheet, 8 by 3 inches |
# | `left = figure.add_subplot(1, 2, 1)` | of a grid of 1 row and 2 columns, place number 1 (counted from 1!) |
# | `figure.add_subplot(1, 2, 2, sharey=left)` | place number 2, with the same vertical scale as `left` |
# | `figure, axes = plt.subplots(2, 3)` | the sheet, and all its axes as an array (2, 3) |
#
# With `squeeze=False` in `subplots`, `axes` has two axes for one row too. **Predict** which pair of curves misleads.

# %%
by_row = [digits.train_x[digits.train_y == digit].mean(dim=(0, 2)) for digit in (8, 1)]
for together in (False, True):
    figure, axes = plt.subplots(1, 2, figsize=(6, 1.8), sharey=together)
    for axis, profile, name in zip(axes, by_row, ("an eight", "a one"), strict=True):
        axis.plot(profile)
        axis.set(title=f"mean ink of {name}", xlabel="row")
    figure.tight_layout()

# %% [markdown]
# On top, a one seems to have as much ink as an eight. Unequal scales are the commonest lie in plots, and seldom meant.
#
# ### Exercise: four drawings
# difficulty 2/5 · 15 minutes · cards: add-subplot, axis-labels, subplots-grid, share-y, contour, layer-values, layer-text
#
# Fill the blanks. Each function draws on a new figure and returns it.
#
# - `profiles` puts two curves over `x` side by side on one vertical scale. The left axes get a title and both labels;
# - `gallery` draws pictures on a grid, in reading order, each with its title, by one loop over all pairs (row, column);
# - `contours` draws lines of equal height of `f`, a function of two plain numbers x and y. `np.vectorize(f)` makes a
#   function of arrays of it, with whole numbers if the first result is one: `f` returns floats here. The arrays, from
#   einops, are of shape (len(ys), len(xs)) both;
# - `fitted` draws the line that a layer `nn.Linear(1, 1)` computes, with its formula as title, such as `y = 2.00 x −
#   0.50` (the slope as Python writes it: `-2.00`). A parameter of a layer remembers its gradients, which numpy cannot:
#   **detach** it first. `item()` makes a Python number of a tensor with one element.

# %% setup
from itertools import product

from torch import nn


# %% solution="drawings" promises="leaves-inputs"
def profiles(x, first, second, title, xlabel, ylabel):
    """Two curves side by side, with one vertical scale."""
    figure = plt.figure(figsize=(6, 2))  # ? figure@2
    left = figure.add_subplot(1, 2, 1)  # ? add_subplot(1, 2, 1)
    right = figure.add_subplot(1, 2, 2, sharey=left)  # ? 1, 2, 2, sharey=left
    left.plot(x, first)  # ? plot
    right.plot(x, second)
    left.set_title(title)  # ? set_title
    left.set_xlabel(xlabel)  # ? set_xlabel
    left.set_ylabel(ylabel)  # ? set_ylabel
    return figure


def gallery(pictures, titles, rows, columns):
    """Pictures on a grid, in reading order."""
    figure, axes = plt.subplots(rows, columns, squeeze=False)  # ? subplots | rows, columns
    grid = product(range(rows), range(columns))  # ? product | range(rows), range(columns)
    for place, (row, column) in enumerate(grid):
        axes[row, column].imshow(pictures[place], cmap="gray_r")  # ? row, column | imshow
        axes[row, column].set_title(titles[place])
    return figure


def contours(f, xs, ys):
    """Lines of equal height of f(x, y) over a grid of places."""
    across = repeat(xs, "w -> h w", h=len(ys))  # ? "w -> h w", h=len(ys)
    up = repeat(ys, "h -> h w", w=len(xs))  # ? "h -> h w", w=len(xs)
    heights = np.vectorize(f)(across, up)  # ? vectorize
    figure = plt.figure(figsize=(3, 3))
    figure.add_subplot().contour(across, up, heights)  # ? contour
    return figure


def fitted(layer, x):
    """The line of a layer nn.Linear(1, 1) over x, with its formula as title."""
    slope, shift = layer.weight.item(), layer.bias.item()  # ? weight.item() | bias.item()
    y = layer(x.unsqueeze(1)).squeeze(1).detach().numpy()  # ? unsqueeze(1) | detach()
    figure = plt.figure(figsize=(4, 2))
    axis = figure.add_subplot()
    axis.plot(x.numpy(), y)
    sign = "−" if shift < 0 else "+"
    steep, high = format(slope, ".2f"), format(abs(shift), ".2f")  # ? slope, ".2f" | abs(shift), ".2f"
    axis.set_title(f"y = {steep} x {sign} {high}")
    return figure


# %% [markdown] explains="drawings"
# Each line talks to an object: `left.set_title` cannot go to the wrong axes. Places in `add_subplot` are counted from
# 1, and `sharey=left` names the axes whose scale is shared. With `squeeze=False`, `axes[row, column]` works for every
# grid, a single row included. `product` runs its *last* range fastest, so rows first gives reading order.
#
# In `contours` both arrays have the shape (len(ys), len(xs)): y runs along the first axis, x along the second. Exchange
# them, and a square grid shows a hill reflected in its diagonal. `fitted` needs `detach`, because numpy cannot keep a
# gradient, and the axis of length 1 that `nn.Linear` wants and returns. The sign stands in the formula already, so the
# number behind it is `abs(shift)`; otherwise it would read "− −0.50".


# %% tests="drawings" points=4
def look(function, *arguments):
    """What is on the figure that a function draws: for each axes its place, words, curves, pictures and contours."""
    import matplotlib.pyplot as plt
    import numpy as np

    figure = function(*arguments)
    found = []
    for axis in figure.axes:
        place = axis.get_subplotspec()
        lines = [c for c in axis.collections if hasattr(c, "levels")]
        found.append(
            {
                "place": [place.get_gridspec().nrows, place.get_gridspec().ncols, place.num1],
                "words": [axis.get_title(), axis.get_xlabel(), axis.get_ylabel()],
                "curves": [np.asarray(line.get_data(), dtype=float) for line in axis.lines],
                "pictures": [np.asarray(image.get_array(), dtype=float) for image in axis.images],
                "contours": [
                    [float(level), np.asarray(path.vertices, dtype=float)]
                    for c in lines
                    for level, path in zip(c.levels, c.get_paths(), strict=False)
                    if len(path.vertices)
                ],
                "shared": bool(axis.get_shared_y_axes().joined(axis, figure.axes[0])),
            }
        )
    plt.close("all")
    return found


def line(slope, shift, x, fitted, look):
    from torch import nn

    layer = nn.Linear(1, 1)
    nn.init.constant_(layer.weight, slope)
    nn.init.constant_(layer.bias, shift)
    return look(fitted, layer, x)


def on_a_hill(contours, look, flat, xs, ys):
    return look(contours, lambda x, y: flat * x * x + y, xs, ys)


def curve(got, n=0):
    return got["curves"][n]


def drawn(function, *arguments):
    checks.on_student_side(look, function, *arguments)
    return 0.0


def examples(rng):
    pair = {"first": rng.tensor(4), "second": rng.tensor(4)}
    yield checks.example(lambda first, second: drawn(profiles, first, first, second, "a", "b", "c"), pair)
    pictures = {"pictures": rng.tensor(2, 3, 3)}
    yield checks.example(lambda pictures: drawn(gallery, pictures, ["left", "right"], 1, 2), pictures)


with checks.check("two curves side by side", hint="places are counted from 1; which axes get the words?"):
    x = torch.arange(3.0).numpy()
    left, right = checks.on_student_side(look, profiles, x, x + 1, 2 * x, "ink", "row", "grey")
    checks.equal([left["place"], right["place"]], [[1, 2, 0], [1, 2, 1]], what="places")
    checks.equal(left["words"], ["ink", "row", "grey"], what="title and labels")
    checks.close(curve(left), [[0.0, 1.0, 2.0], [1.0, 2.0, 3.0]], what="left curve")
### BEGIN HIDDEN TESTS
rng = checks.rng()
words = rng.words(8)
with checks.check("curves on one scale", hint="sharey takes the axes whose scale is shared"):
    x, first, second = (rng.tensor(6).numpy() for _ in range(3))
    left, right = checks.on_student_side(look, profiles, x, first, second, *words[:3])
    checks.equal([left["words"], left["place"], right["place"]], [words[:3], [1, 2, 0], [1, 2, 1]])
    checks.close(np.stack([curve(left), curve(right)]), np.stack([[x, first], [x, second]]), what="left and right")
    checks.true(right["shared"], "both axes should have one vertical scale")
with checks.check("a grid of pictures", hint="for each row, all columns; rows first"):
    for rows, columns in ((2, 3), (3, 1), (1, 4)):
        pictures = rng.tensor(rows * columns, 2, 3).numpy()
        got = checks.on_student_side(look, gallery, pictures, words[: rows * columns], rows, columns)
        checks.equal([axes["words"][0] for axes in got], words[: rows * columns], what="titles")
        places = [[rows, columns, n] for n in range(rows * columns)]
        checks.equal([axes["place"] for axes in got], places, what="places")
        checks.close(np.stack([axes["pictures"][0] for axes in got]), pictures, what="pictures")
with checks.check("contours and a line", hint="every point of a contour has its height; a formula with two decimals"):
    xs, ys, tilt = np.linspace(-1, 1, 21), np.linspace(-2, 3, 31), rng.uniform(0.5, 1.5)
    (got,) = checks.on_student_side(on_a_hill, contours, look, tilt, xs, ys)
    checks.true(len(got["contours"]) > 2, "there should be several contour lines")
    every = np.concatenate([places for _, places in got["contours"]])
    checks.true(np.all(every.min(0) < -0.5) and every[:, 0].max() > 0.9, "they should lie all over the grid")
    for level, places in got["contours"]:
        checks.close(tilt * places[:, 0] ** 2 + places[:, 1], np.full(len(places), level), atol=0.02, what="heights")
    for slope, shift, title in ((2.0, -0.5, "y = 2.00 x − 0.50"), (-0.128, 3.0, "y = -0.13 x + 3.00")):
        x = rng.tensor(5)
        (got,) = checks.on_student_side(line, slope, shift, x, fitted, look)
        checks.equal(got["words"][0], title)
        checks.close(curve(got), torch.stack([x, slope * x + shift]), rtol=1e-4, atol=1e-5)
### END HIDDEN TESTS


# %%
def himmelblau(x, y):
    return np.log1p((x * x + y - 11) ** 2 + (x + y * y - 7) ** 2)


figure = contours(himmelblau, np.linspace(-5, 5, 80), np.linspace(-5, 5, 80))

# %% [markdown]
# (Himmelblau's function, on a logarithmic scale: four equally deep valleys. Lesson 05 walks down in such landscapes.)
#
# *Further reading:* [matplotlib: quick start](https://matplotlib.org/stable/users/explain/quick_start.html); Rougier,
# Droettboom and Bourne, "Ten Simple Rules for Better Figures" (2014).
#
# ## 12 · A note, ruined, repaired and read
#
# Everything from here on is made by your functions. First, write a number in other people's hands: `stamp` prints a
# picture of each digit onto a strip of paper. Then ruin it like a bad photocopy: pale ink, grey paper and noise.

# %%
message = [2, 7, 1, 8, 2, 8, 1, 8]
note = torch.zeros(28, 28 * len(message))
for place, digit in enumerate(message):
    stamp(note, digits.valid_x[digits.valid_y == digit][3 + place], 0, 28 * place)
dirt = torch.randn(note.shape, generator=torch.Generator().manual_seed(1))
copy = 0.35 + 0.25 * note + 0.12 * dirt
figure, axes = plt.subplots(2, 1, figsize=(7, 2.4))
for axis, sheet in zip(axes, (note, copy), strict=True):
    axis.imshow(sheet, cmap="gray_r", vmin=0, vmax=1)
    axis.set_axis_off()

# %% [markdown]
# Repair it: `window` cuts, `blur` smooths the noise, `stretch` spreads the contrast. **Predict:** is it still grey?

# %%
pieces = torch.stack([window(copy, 0, 28 * place, 28, 28) for place in range(len(message))])
smooth = torch.stack([stretch(blur(piece, 3)) for piece in pieces])
tidy(gallery([mosaic(pieces, 8), mosaic(smooth, 8)], ["the copy", "blurred and stretched"], 2, 1), 7, 2.6)

# %% [markdown]
# For you, that is easier. Now let a program read: each piece gets the class of the nearest training picture. Distances
# are broadcasting again, (n, 1, 784) against (1, 4000, 784); `torch.cdist` needs no large table. Blurred pictures are
# compared with blurred ones. Ruin all 1,000 validation pictures, to count. **Predict** the order of the three lines.

# %%
dirt = torch.randn(1000, 28, 28, generator=torch.Generator().manual_seed(2))
copies = 0.35 + 0.25 * digits.valid_x + 0.12 * dirt
blurred, soft = (torch.stack([blur(x, 3) for x in pictures]) for pictures in (digits.train_x, copies))


def nearest(pictures, among):
    return digits.train_y[torch.cdist(pictures.flatten(1), among.flatten(1)).argmin(dim=1)]


hits = {
    "copies as they are": nearest(copies, digits.train_x) == digits.valid_y,
    "copies, stretched": nearest(stretch(copies), digits.train_x) == digits.valid_y,
    "copies, blurred, stretched": nearest(stretch(soft), blurred) == digits.valid_y,
}
for name, right in hits.items():
    print(f"{name:32}{right.float().mean():.3f}")

# %% [markdown]
# The repair made it *worse*. What your eye forgives, a distance does not. `stretch` puts the lightest pixel at 0, and
# the lightest pixel of a noisy picture is an accident, so the paper stays grey: some 400 pixels that are all a little
# wrong, and that add up to more than the ink. But most pixels are paper. So its grey is the **median**.

# %%
paper = soft.flatten(1).median(dim=1).values[:, None, None]
clean = stretch((soft - paper).clamp(min=0))
soft_valid = torch.stack([blur(picture, 3) for picture in digits.valid_x])
hits |= {
    "copies, paper at 0, stretched": nearest(clean, blurred) == digits.valid_y,
    "clean, sharp": nearest(digits.valid_x, digits.train_x) == digits.valid_y,
    "clean, blurred": nearest(soft_valid, blurred) == digits.valid_y,
}
stages = torch.stack([soft[:8], stretch(soft[:8]), clean[:8]]).flatten(0, 1)
figure = gallery([mosaic(copies[:8], 8), mosaic(stages, 8)], ["copies", "blurred; and stretched; and paper at 0"], 2, 1)
tidy(figure, 7, 4.6)

# %% [markdown]
# One line, and the copies are read. The last two entries ask: does blurring help where there is *no* noise to smooth?

# %%
published = {
    "clean, sharp": "0.950 and 0.969   LeCun's MNIST page: K-NN, Euclidean, by two groups",
    "clean, blurred": "0.982   the same page: also deskewed and cleaned of noise",
}
print(f"{'digits read correctly':32}{'yours':>7}{'±':>7}   published, with 60,000 to learn from")
for name, right in hits.items():
    p = right.float().mean().item()
    print(f"{name:32}{p:7.3f}{(p * (1 - p) / len(right)) ** 0.5:7.3f}   {published.get(name, '')}")
sharp, soft_too = hits["clean, sharp"], hits["clean, blurred"]
alone = int((sharp & ~soft_too).sum()), int((soft_too & ~sharp).sum())
print(f"clean pictures that only the sharp ones read: {alone[0]}; only the blurred ones: {alone[1]}")

# %% [markdown]
# Compare the two columns only roughly: their data differ. Your rows all read the same pictures: compare two by those
# that *only one* reads, a and b. Their difference, (b − a)/1000, has a standard error of about $\sqrt{a + b}/1000$.
#
# Why should blurring help where nothing is noisy? Two threes, one of them a pixel further left, have hardly a black
# pixel in common. Blurred, they overlap. A convolutional network (lesson 07) *learns* windows to slide over a picture.
#
# Which digits does the last row still get wrong, and for what are they taken?

# %%
answers = nearest(soft_valid, blurred)
worst = (answers != digits.valid_y).nonzero()[:12, 0]
titles = [f"{int(digits.valid_y[place])} read as {int(answers[place])}" for place in worst]
tidy(gallery(digits.valid_x[worst], titles, 2, 6), 9, 3.6)
print("mistakes by true digit:", (10 * [100] - confusion(digits.valid_y, answers, 10).diagonal().numpy()).tolist())

# %% [markdown]
# *Further reading:* LeCun, Cortes and Burges, "The MNIST database of handwritten digits"; Simard, LeCun and Denker,
# "Efficient Pattern Recognition Using a New Transformation Distance" (1992), on distances that forgive a shift.
#
# ## 13 · Find the bug, and say it in your own words
#
# ### Exercise: ten pictures, one face
# difficulty 3/5 · 10 minutes · cards: list-of-one-tensor, view-or-copy
#
# For ten mean digits, a colleague adds up the pictures of each class and divides by their number. There is no error,
# the shapes are right, the averages between 0 and 1, but all ten are one grey blot. For a single class her function is
# right. Find and repair the **one** mistake, in her code or in your own. (A class without pictures keeps a mean of 0.)
#
# hint: Give it two pictures of two different classes and print `sums` after the first one. How many tensors are there?


# %% solution="mean_pictures" promises="leaves-inputs, tensor"
def mean_pictures(pictures: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    """The mean picture of each class, (classes, height, width); 0 for a class without pictures."""
    ### BEGIN SOLUTION
    #! sums = [torch.zeros_like(pictures[0])] * classes
    #! counts = torch.bincount(labels, minlength=classes)
    #! for picture, label in zip(pictures, labels.tolist()):
    #!     sums[label] += picture
    #! return torch.stack(sums) / counts.clamp(min=1)[:, None, None]
    sums = [torch.zeros_like(pictures[0]) for _ in range(classes)]
    counts = torch.bincount(labels, minlength=classes)
    for picture, label in zip(pictures, labels.tolist(), strict=True):
        sums[label] += picture
    return torch.stack(sums) / counts.clamp(min=1)[:, None, None]
    ### END SOLUTION


# %% [markdown] explains="mean_pictures"
# `[tensor] * classes` makes a list with ten places and *one* tensor: ten names for the same memory.
# `sums[label] += picture` adds in place, so every picture of every class lands in it. Each entry is then the sum of
# all, divided by a count of its own: ten copies of one blot. With one class, one tensor is right.
#
# The comprehension runs `zeros_like` ten times and makes ten tensors. `sums[label] = sums[label] + picture` would work
# as well, since it puts a new tensor into one place of the list. Neither a copy of the list nor an expanded zero would
# help: both still have one row of memory. When many things change together, compare their `data_ptr()`.


# %% tests="mean_pictures" points=4
def examples(rng):
    given = {"pictures": rng.tensor(5, 2, 3), "labels": torch.tensor([0, 2, 1, 2, 0]), "classes": 3}
    yield checks.example(mean_pictures, given)


with checks.check("two pictures of two classes", hint="whose ink is in the first picture?"):
    pair = torch.tensor([[[1.0, 0.0]], [[0.0, 1.0]]])
    checks.close(mean_pictures(pair, torch.tensor([0, 1]), 2), pair)
### BEGIN HIDDEN TESTS
rng = checks.rng()


def means_of(pictures, labels, classes):
    own = [
        [picture for picture, label in zip(pictures, labels.tolist(), strict=True) if label == c]
        for c in range(classes)
    ]
    return torch.stack([sum(some) / len(some) if some else torch.zeros(pictures.shape[1:]) for some in own])


with checks.check("any number of classes", points=2, hint="one sum for each class, and as many tensors as classes"):
    for n, classes in ((12, 3), (30, rng.integer(4, 6)), (7, 1), (40, 2), (1, 2), (25, 12)):
        pictures = rng.tensor(n, 2, 4)
        labels = torch.cat([rng.integers(n - 1, low=0, high=classes - 1), torch.tensor([classes - 1])])
        wanted = means_of(pictures, labels, classes)
        checks.close(mean_pictures(pictures, labels, classes), wanted, rtol=1e-4, atol=1e-5)
with checks.check("classes without pictures, and twice the same call", hint="nothing may be left from the last call"):
    pictures = rng.tensor(4, 3, 3)
    for labels in ([3, 3, 1, 3], [0, 0, 0, 0], [1, 3, 1, 0]):
        for _ in range(2):
            got = mean_pictures(pictures, torch.tensor(labels), 5)
            checks.close(got, means_of(pictures, torch.tensor(labels), 5), rtol=1e-4, atol=1e-5)
### END HIDDEN TESTS

# %%
ten = mean_pictures(digits.train_x, digits.train_y, 10)
tidy(gallery(ten, [str(digit) for digit in range(10)], 2, 5), 6, 3)

# %% [markdown]
# ### Six questions
# Two to five sentences each are enough. A sketch in words is welcome.

# %% [markdown] question="drowning_data" points=2
# **The data that drown.** A training loop takes `batch = data[start : start + 64]`, adds a little noise by `batch +=
# 0.1 * torch.randn_like(batch)`, and learns from `batch`. The first epoch is fine; after a hundred epochs, the pictures
# cannot be seen any more. What happens to `data`, and how large is the noise by then? Name two changes, each of a few
# characters, of which either one repairs it.
#
# ### BEGIN MARK SCHEME
# - 1 point: a slice is a view and `+=` writes in place, so the noise stays in `data` and the next epoch adds more.
#   Variances add up: a standard deviation of 0.1 · √100 = 1, as large as the ink. ("It grows" without the root: half a
#   point.)
# - 1 point: two of: `batch = batch + …`; `.clone()` after the slice; picking by a list or a permutation (a copy).
# - Half an answer: "in-place operations are dangerous", without saying whose memory is changed: no first point.
# ### END MARK SCHEME

# %% [markdown] question="silent_square" points=2
# **An error without a message.** A model returns predictions of shape (n, 1); the targets have shape (n,). Which shape
# has `predictions - targets`, and what is the mean of its squares a mean of? If the targets are standardised, which
# constant prediction makes that mean smallest, and what will the trained model therefore do? How would you make the
# mistake loud?
#
# ### BEGIN MARK SCHEME
# - 1 point: (n, n), by (n, 1) against (1, n): every prediction with every target; so each prediction is pulled to the
#   mean of all targets (0 when standardised), and the model learns a constant.
# - 1 point: compare the shapes before (assert or raise), or squeeze/reshape to one shape, or a loss that refuses or
#   warns about different shapes.
# - Half an answer: "the shapes are wrong, so the loss is wrong" says neither which shape nor what is learnt: no first
#   point.
# ### END MARK SCHEME

# %% [markdown] question="lucky_shapes" points=2
# **Lucky numbers.** `stack / stack.amax(dim=(1, 2))` for a stack (n, 28, 28): for which n is there an error, for which
# n is the result wrong without an error, and for which n is it even right? What does this say about testing code with a
# single example, or with a batch of 28?
#
# ### BEGIN MARK SCHEME
# - 1 point: (n,) meets the last axis, 28: error for all n except 1 and 28; n = 28 wrong without a word; n = 1 right,
#   since a length of 1 stretches.
# - 1 point: a test with one picture passes, so tests need sizes that are all different (no 1 among them, none equal to
#   another axis).
# - Half an answer: "it fails unless n is 28" forgets the case that is right by luck: no first point.
# ### END MARK SCHEME

# %% [markdown] question="which_type" points=2
# **Types.** 60,000 pictures of 28 × 28 bytes: how many megabytes do they take as uint8, and how many as float32? Why
# are they stored as one and calculated with as the other? And why should the number of pictures seen so far not be
# counted in a float32, when an average may well be kept in one?
#
# ### BEGIN MARK SCHEME
# - 1 point: 47 MB (60,000 · 784 bytes) and 188 MB; bytes are small and exactly what the scanner gave, but they wrap
#   round at 256, cannot hold fractions, and have no gradients.
# - 1 point: a float32 has 24 binary digits; from 16,777,216 on, adding 1 changes nothing. An average needs relative
#   precision only (adding up many small terms has the same problem, in a milder form: credit for naming it).
# - Half an answer: "floats are inexact", without what becomes of the counter: no second point.
# ### END MARK SCHEME

# %% [markdown] question="the_hole" points=2
# **The hole.** In a hospital's table, the value of a blood test is missing for half of the patients, and somebody fills
# it with the mean over *all* patients before splitting off the test set. What is wrong with the order? And what is lost
# when the hole is filled and nothing else is done: why might "missing" itself predict who is ill, and how do you keep
# that?
#
# ### BEGIN MARK SCHEME
# - 1 point: the mean contains test patients, so the test is no longer unseen (leakage; small here, large with stronger
#   preparation such as choosing columns or scaling by the target): split first, compute on the training part only.
# - 1 point: doctors order a test when they suspect something, so a hole is information; add a column "was missing" (or
#   its own category).
# - Half an answer: "filling changes the data" names neither leak nor lost information: no point.
# ### END MARK SCHEME

# %% [markdown] question="read_your_table" points=2
# **Read your table.** Does blurring help on clean pictures? Use the two counts below the table, a and b, and their
# standard error. Why do the ± of the two rows answer another question? And why did stretching make the copies *harder*
# to read for a program, though they look better, and why is the median the right thing to subtract? Name a kind of
# picture for which it is the wrong one.
#
# ### BEGIN MARK SCHEME
# - 1 point: from their own numbers: (b − a)/1000 against √(a + b)/1000, with a conclusion that fits (more than two
#   standard errors: probably; less: not shown). The ± treat the rows as if each had been measured on pictures of its
#   own. Half a point for overlapping ± alone; none for comparing two percentages.
# - 1 point: the lightest pixel is an accident of the noise, far below the paper, so after stretching the paper is grey
#   everywhere and this shift dominates the distance; most pixels are paper and noise is as often above as below, so the
#   median is its grey. Wrong for pictures that are more than half ink (or without plain paper, such as photographs).
# - Half an answer: "because of the noise", without saying what becomes of the paper: no second point.
# ### END MARK SCHEME

# %% [markdown]
# ## What you have built
# A window, a stamp, contrast, a mosaic, one-hot rows, margins, a confusion matrix, a clean table, a blur: a small image
# library without a loop over pixels. What you have learnt about shapes comes back in every line of this course. A layer
# is an `einsum`, a batch is one more axis on the left, attention is a table of dot products stretched by broadcasting,
# and a convolution is your moving window with other weights. Lesson 02 asks what a table of numbers does to space.
#
# **Now you can** draw what you compute, repair and read noisy pictures, and tell when two names share one tensor.
#
# *Further reading:* *Deep Learning for Coders with fastai and PyTorch*, chapter 4, which begins with the same pictures;
# [100 numpy exercises](https://github.com/rougier/numpy-100), to be solved in torch as well.
