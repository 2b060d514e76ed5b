# %% [markdown]
# ## 4 · Axes that disappear, and axes that stretch
#
# **In this part you will** stretch the contrast of a whole stack of pictures at once, work out by hand which shapes
# go together, and lay 100 digits out on one sheet without a loop.
#
# A **reduction** makes fewer numbers of many: a sum, a mean, a largest one. Name an axis, and it is the one that
# disappears: of a stack (n, 28, 28), `mean(dim=0)` leaves (28, 28), one mean for each pixel over all the pictures, and
# `mean(dim=(1, 2))` leaves (n,), one mean for each picture. Without a name everything disappears. **Predict** what
# each of these pictures will look like before you run the cell.

# %%
fives = digits.train_x[digits.train_y == 5]
print(tuple(fives.shape), "→", tuple(fives.mean(dim=0).shape), "and", tuple(fives.mean(dim=(1, 2)).shape))
names = ["mean(dim=0)", "amax(dim=0)", "std(dim=0)", "fives[0]", "median(dim=0).values"]
show([fives.mean(dim=0), fives.amax(dim=0), fives.std(dim=0), fives[0], fives.median(dim=0).values], names, size=1.9)

# %% [markdown]
# The mean is a blurred five, and the largest ink is a blot: somewhere among 400 fives there is one with ink for nearly
# every pixel. The median is the surprise. Its edges are *sharp*: a pixel is inked either by most writers or by few.
#
# (`x.max(dim=0)`, `min` and `median` return two tensors, the `values` and the `indices` where they were found; `amax`,
# `amin` and `mean` return one. Without an axis, `x.max()` is a single number.)
#
# Now for the most useful habit of this lesson. Suppose you want to divide every picture of a stack by its own largest
# ink. `stack / stack.amax(dim=(1, 2))` divides (n, 28, 28) by (n,), and what that means depends on the two rules by
# which torch lets shapes meet. They are called **broadcasting**:
#
# 1. Write the shapes under each other, **flush right**. A shape that is too short gets ones on its *left*.
# 2. In every column, the two lengths must be equal, or one of them 1. The 1 is stretched to the other one.
#
# ```
# stack        n × 28 × 28               stack        n × 28 × 28
# amax                   n   ✗           amax         n ×  1 ×  1   ✓
# ```
#
# On the left n meets 28. For n = 7 there will be an error. For n = 28 there will be *no* error, and every column of
# each picture is divided by the largest ink of another picture. On the right is what was meant; `keepdim=True` leaves
# the axes of a reduction in place with length 1, exactly so that the result still fits what it came from. **Predict**
# what the wrong one does to 28 threes. Where will you see it?

# %%
threes = digits.train_x[digits.train_y == 3][:28] * torch.linspace(0.2, 1, 28)[:, None, None]  # from faint to dark
wrong = threes / threes.amax(dim=(1, 2))
right = threes / threes.amax(dim=(1, 2), keepdim=True)
show(
    [threes[0], wrong[0], right[0], threes[27], wrong[27], right[27]],
    ["faint", "wrong", "right", "dark", "wrong", "right"],
    size=1.7,
)

# %% [markdown]
# No error, no warning. The wrong faint three is still faint, and fades from left to right; the wrong dark one has more
# than full ink (drawn as black), most of all on its left, where its columns met the numbers of faint pictures. In a
# network nobody looks at such numbers. It just learns badly.
#
# ### Exercise: full contrast
# difficulty 3/5 · 10 minutes · cards: keepdim, reduce-names, amax-or-max
#
# Stretch the contrast of each picture by itself, so that its lightest pixel becomes 0 and its darkest becomes 1, and
# everything between keeps its place in between. The pictures are the last two axes; in front there may be any number of
# others: (height, width) is one picture, (n, height, width) a stack, (rows, n, height, width) a sheet of stacks, and so
# on. (No axis is empty.) A picture whose pixels are all equal has no contrast to stretch, and becomes 0 everywhere (and
# not `nan`).
#
# hint: Which axes are the last two, counted from the end? What is 0 / 0, and what is 0 / 1?


# %% solution="stretch" promises="leaves-inputs, tensor, any-float, any-layout, any-size(one picture, four axes)"
def stretch(pictures: torch.Tensor) -> torch.Tensor:
    """Each picture (..., height, width) with its lightest pixel at 0 and its darkest at 1; flat ones all 0."""
    ### BEGIN SOLUTION
    low = pictures.amin(dim=(-2, -1), keepdim=True)
    span = pictures.amax(dim=(-2, -1), keepdim=True) - low
    return (pictures - low) / torch.where(span == 0, torch.ones_like(span), span)
    ### END SOLUTION


# %% [markdown] explains="stretch"
# Lightest pixel to 0 means: subtract it. Then the darkest one is `high - low`, and dividing by that makes it 1.
# Dividing by `high` alone is right only where the paper was at 0 already. Both numbers belong to one picture each, so
# both reductions go over the last two axes, counted from the end because nobody knows how many stand in front.
# `keepdim` leaves these axes with length 1, and the result fits what it came from.
#
# A flat picture has the span 0, and 0/0 is `nan`. Replace the divisor by 1 exactly there, and 0/1 is what was asked
# for. Adding a small number to every span looks simpler, but then *no* picture quite reaches 1, and a faint one with a
# span of $10^{-4}$ stays visibly short of it. By hand: −4, −2, 0 have the span 4 and become 0, 0.5, 1.


# %% tests="stretch" points=5
def by_hand(pictures):
    low, high = pictures.flatten(-2).min(-1).values, pictures.flatten(-2).max(-1).values
    return (pictures - low[..., None, None]) / (high - low)[..., None, None]


def examples(rng):
    yield checks.example(stretch, {"pictures": rng.tensor(2, 3, 4)})
    yield checks.example(stretch, {"pictures": rng.tensor(3, 4)}, size="one picture", right=by_hand)
    yield checks.example(stretch, {"pictures": rng.tensor(2, 3, 3, 4)}, size="four axes", right=by_hand)


with checks.check("two pictures, each by itself", hint="keep the axes that you reduce"):
    pair = torch.tensor([[[1.0, 2.0], [3.0, 5.0]], [[0.0, -4.0], [-2.0, 0.0]]])
    checks.close(stretch(pair), [[[0.0, 0.25], [0.5, 1.0]], [[1.0, 0.0], [0.5, 1.0]]])
with checks.check("a picture without contrast", hint="it is divided by 0: what should stand there instead?"):
    checks.close(stretch(torch.full((1, 2, 2), 0.7)), torch.zeros(1, 2, 2))
### BEGIN HIDDEN TESTS
rng = checks.rng()


def slow(picture):
    low, high = min(map(min, picture.tolist())), max(map(max, picture.tolist()))
    stretched = [[(v - low) / ((high - low) or 1) for v in line] for line in picture.tolist()]
    return torch.tensor(stretched, dtype=picture.dtype)


with checks.check("stacks in which numbers of axes agree by chance", hint="is it the picture's own number?"):
    for n, height, width in ((3, 3, 3), (4, 2, 4), (2, 2, 5), (1, 4, 3), (12, 2, 3), (2, 1, 4), (2, 4, 1)):
        x = rng.tensor(n, height, width) * torch.arange(1, n + 1)[:, None, None] + rng.tensor(n, 1, 1)
        checks.close(stretch(x), torch.stack([slow(picture) for picture in x]), rtol=1e-4, atol=1e-5)
with checks.check("flat pictures among others, faint ones, and bright ones", hint="only exactly equal pixels are flat"):
    x = rng.tensor(4, 3, 2, low=-1, high=1)
    x = torch.stack([x[0], torch.full((3, 2), -3.0), 1e-4 * x[1], 100 + x[2], 1000 * x[3], torch.zeros(3, 2)])
    checks.close(stretch(x), torch.stack([slow(picture) for picture in x]), rtol=1e-3, atol=2e-4)
    checks.close(stretch(torch.tensor([[0.3]])), [[0.0]])
    stripes, columns = rng.tensor(3, 1).expand(3, 2), rng.tensor(1, 2).expand(3, 2)
    dot = torch.tensor([[0.5, 0.5], [0.5, 0.5], [0.5, 0.75]])
    x = torch.stack([stripes, columns, dot, -dot, 1e-20 * rng.tensor(3, 2)])
    checks.close(stretch(x), torch.stack([slow(picture) for picture in x]), rtol=1e-4, atol=1e-5)
    fine = 1e8 + rng.tensor(2, 3, 4, low=0, high=1, dtype=torch.float64)
    checks.close(stretch(fine), torch.stack([slow(picture) for picture in fine]), rtol=1e-6, atol=1e-6)
with checks.check("a sheet of stacks, and a single picture", hint="count the axes from the end"):
    x = rng.tensor(2, 3, 4, 5) * rng.tensor(2, 3, 1, 1, low=1, high=9)
    checks.close(stretch(x), torch.stack([torch.stack([slow(p) for p in stack]) for stack in x]), rtol=1e-4, atol=1e-5)
    checks.close(stretch(x[1, 2]), slow(x[1, 2]), rtol=1e-4, atol=1e-5)
    for axes in ((2, 1, 3, 2, 4), (1, 2, 3, 1, 2, 3)):
        x = rng.tensor(*axes)
        wanted = torch.stack([slow(picture) for picture in x.flatten(0, -3)]).reshape(axes)
        checks.close(stretch(x), wanted, rtol=1e-4, atol=1e-5)
### END HIDDEN TESTS

# %% [markdown]
# The rules of broadcasting are worth knowing by hand rather than by trial and error, since the dangerous case is the
# one without an error. So write them down once, as a program.
#
# ### Exercise: which shapes go together?
# difficulty 3/5 · 12 minutes · cards: broadcast-steps, broadcast-to
#
# Given two shapes as tuples of whole numbers, return the shape of what an operation such as `+` makes of two such
# tensors (a tuple; a list will do); a `ValueError` when they do not go together. Nothing is said about which of the two
# is longer, an empty tuple is the shape of a single number, and lengths may be 0 (an axis without entries; rule 2 holds
# for it like for any other).
#
# hint: Go through both shapes from the right, or put ones on the left of the shorter one first.


# %% solution="broadcast_shape" promises="numbers"
# promises: by-hand(broadcast_shapes, broadcast_tensors, broadcast_to, expand, add, mul)
def broadcast_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """The shape that broadcasting makes of two shapes; ValueError when they do not go together."""
    ### BEGIN SOLUTION
    axes = max(len(a), len(b))
    a, b = (1,) * (axes - len(a)) + tuple(a), (1,) * (axes - len(b)) + tuple(b)
    for one, other in zip(a, b, strict=True):
        if one != other and 1 not in (one, other):
            raise ValueError(f"{a} and {b} do not go together")
    return tuple(other if one == 1 else one for one, other in zip(a, b, strict=True))
    ### END SOLUTION


# %% [markdown] explains="broadcast_shape"
# Rule 1 is the first line: ones on the left of whichever is shorter. Then every column is judged by itself: equal, or
# one of them is 1. Anything else is refused, also 4 against 2, although a computer could repeat two rows twice. Nobody
# could tell what was meant.
#
# The result of a column is "the other one, if this one is 1". The larger of the two seems to be the same, and is not: a
# length may be 0, and 1 against 0 gives 0, since a stretched axis takes the length of its partner, even if that has no
# entries. Check (3, 1) and (2, 1, 4): flush right they are (1, 3, 1) and (2, 1, 4), so (2, 3, 4). And for (7, 28, 28)
# with (7,) the 7 meets the last 28.


# %% tests="broadcast_shape" points=5
def examples(rng):
    yield checks.example(broadcast_shape, {"a": (3, 1), "b": (2, 1, 4)})
    yield checks.example(broadcast_shape, {"a": (5, 4), "b": ()})


with checks.check("a stack and a picture, a column and a row", hint="flush right; a 1 is stretched"):
    checks.equal(broadcast_shape((7, 28, 28), (28, 28)), (7, 28, 28))
    checks.equal(broadcast_shape((3, 1), (1, 4)), (3, 4))
with checks.check("7 pictures and 7 numbers do not go together", hint="which length meets the 7?"):
    checks.raises(ValueError, broadcast_shape, (7, 28, 28), (7,))
### BEGIN HIDDEN TESTS
rng = checks.rng()
shape = tuple(rng.integers(4, low=2, high=6).tolist())
p, q, r, s = shape
many = tuple(rng.integers(7, low=11, high=19).tolist())
with checks.check("shapes of different lengths", points=1, hint="ones on the left of the shorter one, whichever it is"):
    for a, b in (
        (shape, shape[2:]),
        (shape[1:], shape),
        ((), shape),
        (shape, ()),
        ((), ()),
        ((1,), shape),
        ((1, 1), (1,)),
        (many, many[3:]),
        (many[5:], many),
        ((1000, p), (p,)),
    ):
        checks.equal(broadcast_shape(a, b), tuple(np.broadcast_shapes(a, b)))
with checks.check("ones on either side, and axes without entries", points=1, hint="a 1 is stretched, also to 0"):
    for a, b in (
        ((p, 1, r), (q, 1)),
        ((1, q, 1, s), (p, 1, r, 1)),
        ((p, 1), (0,)),
        ((1, 0), (q, 1)),
        ((0,), (0,)),
        ((1,), (0,)),
    ):
        checks.equal(broadcast_shape(a, b), tuple(np.broadcast_shapes(a, b)))
        checks.equal(broadcast_shape(b, a), tuple(np.broadcast_shapes(a, b)))
with checks.check(
    "shapes that do not go together", points=1, hint="every column is looked at, also a length that is twice the other"
):
    for a, b in (
        ((p, q), (p + 1, q)),
        ((p, q, r), (p + 1, q, r)),
        ((p, q), (q + 1,)),
        ((2, 3), (4, 3)),
        ((p, r, s), (p, r + 3, 1)),
        ((2,), (0,)),
        ((q, p), (q, 2 * p)),
    ):
        checks.raises(ValueError, broadcast_shape, a, b)
        checks.raises(ValueError, broadcast_shape, b, a)
### END HIDDEN TESTS

# %% [markdown]
# Stretching is done without any copy. `row.expand(1000, 784)` (or `torch.broadcast_to(row, (1000, 784))`) looks like
# three megabytes, and is a thousand readings of the same 784 numbers; `row.repeat(1000, 1)` really copies. How an axis
# can have length 1000 and no memory is the secret of section 10.
#
# *Further reading:* [PyTorch: broadcasting semantics](https://pytorch.org/docs/stable/notes/broadcasting.html); [numpy:
# broadcasting](https://numpy.org/doc/stable/user/basics.broadcasting.html); *Dive into Deep Learning*, section 2.1.
#
# ## 5 · New shapes for old numbers
#
# There are two kinds of operations that change a shape, and it pays to keep them apart.
#
# - Some **read the row with other line breaks**: `view`, `reshape`, `flatten`, `squeeze`, `unsqueeze`. The order of the
#   numbers in the row stays. `view` never copies, and refuses when it cannot do without; `reshape` copies if it must.
#   One length may be given as −1, and is worked out.
# - Some **exchange axes**: `.T`, `transpose`, `permute`, `movedim`. The numbers stand in another order when you
#   read the result line by line.
#
# A picture in colour shows the difference. torch keeps colour as (channels, height, width); matplotlib wants (height,
# width, channels). Both have the same number of numbers, so `reshape` from one to the other runs without complaint.
# **Predict** what it makes of it. (Ours shows three digits on white paper. The three takes away the red and so looks
# cyan, the five takes away the green, the eight the blue.)

# %%
colours = 1 - torch.stack([digits.train_x[digits.train_y == digit][4] for digit in (3, 5, 8)])  # (3, 28, 28)
figure, axes = plt.subplots(1, 2, figsize=(5, 2.7))
axes[0].imshow(colours.permute(1, 2, 0))
axes[1].imshow(colours.reshape(28, 28, 3))
axes[0].set_title("permute(1, 2, 0)", fontsize=9)
axes[1].set_title("reshape(28, 28, 3)", fontsize=9)
figure.tight_layout()

# %% [markdown]
# Nine small digits: each pixel took three *neighbours of one channel* for its red, green and blue, so the channels
# appear one below the other. If a picture ever comes out as a pattern of small copies, somebody reshaped where they
# should have permuted.
#
# | | from | to |
# |---|---|---|
# | `x.flatten(1)` | (n, c, h, w) | (n, c·h·w): all axes from number 1 on become one |
# | `x.flatten(0, 1)` | (n, c, h, w) | (n·c, h, w): axes 0 to 1 become one |
# | `v.unsqueeze(0)`, `v[None]` | (n,) | (1, n): a row |
# | `v.unsqueeze(1)`, `v[:, None]` | (n,) | (n, 1): a column |
# | `x.squeeze(1)` | (n, 1, w) | (n, w): the axis goes if its length is 1 |
# | `x.movedim(1, -1)` | (n, c, h, w) | (n, h, w, c): one axis moves, the others keep their order |
# | `torch.cat([a, b], dim=0)` | (n, w), (m, w) | (n + m, w): glued along an axis that exists |
# | `torch.stack([a, b])` | (n, w), (n, w) | (2, n, w): along a *new* axis |
#
# ### Exercise: the same numbers in seven shapes
# difficulty 2/5 · 8 minutes · cards: flatten-axes, squeeze-unsqueeze, movedim, cat-stack
#
# Fill the blanks, for a batch `x` (n, channels, height, width) and vectors `a` (n,) and `b` (m,):
#
# - `rows`, (n, channels · height · width), a row for each picture, as a linear layer wants it;
# - `planes`, (n · channels, height, width), every channel a picture by itself;
# - `last`, (n, height, width, channels), as matplotlib wants it;
# - `sums`, (n, m), where entry (i, j) is `a[i] + b[j]`: a column and a row, stretched to a table;
# - `both`, (n + m,), first `a`, then `b`; `pair`, (2, n), `a` above `a` in reverse order;
# - `back`, (n, height, width): the first channel of each picture, cut out as an axis of length 1, and that axis
#   removed.


# %% solution="seven_shapes" promises="leaves-inputs, tensors, any-float"
def seven_shapes(x: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors rows, planes, last, sums, both, pair and back, as the text above says."""
    rows = x.flatten(1)  # ? flatten(1)
    planes = x.flatten(0, 1)  # ? flatten(0, 1)
    last = x.movedim(1, -1)  # ? movedim(1, -1)
    sums = a.unsqueeze(1) + b.unsqueeze(0)  # ? unsqueeze(1) | unsqueeze(0)
    both = torch.cat([a, b])  # ? cat
    pair = torch.stack([a, a.flip(0)])  # ? stack | flip(0)
    back = x[:, :1].squeeze(1)  # ? squeeze(1)
    return rows, planes, last, sums, both, pair, back


# %% [markdown] explains="seven_shapes"
# `flatten(1)` keeps axis 0 and joins the rest; `flatten(0, 1)` joins the first two. Both read the row on as it lies.
# `movedim(1, -1)` is of the other kind: pixels change their order. `reshape` to the same shape would run and give nine
# small digits, as in the picture above.
#
# The table of sums is a column (n, 1) and a row (1, m), each stretched to the other. Exchange them and it comes out
# transposed, which a test with n = m might not see. `cat` glues along an axis that exists, `stack` makes a new one, and
# their shapes tell which you need: (n + m,) or (2, n). `squeeze(1)` names the axis that goes. Without the 1 it would
# also take the batch, on the day when it holds a single picture.


# %% tests="seven_shapes" points=3
def examples(rng):
    yield checks.example(seven_shapes, {"x": rng.tensor(2, 3, 2, 4), "a": rng.tensor(3), "b": rng.tensor(2)})


with checks.check(
    "a tiny batch and two vectors", hint="look at the table above: which line has this shape on its right?"
):
    x = torch.arange(8.0).reshape(2, 2, 1, 2)
    rows, planes, last, sums, both, pair, back = seven_shapes(
        x, torch.tensor([1.0, 2.0]), torch.tensor([10.0, 20.0, 30.0])
    )
    checks.close(rows, [[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0]], what="rows")
    checks.close(sums, [[11.0, 21.0, 31.0], [12.0, 22.0, 32.0]], what="sums")
    checks.close(both, [1.0, 2.0, 10.0, 20.0, 30.0], what="both")
### BEGIN HIDDEN TESTS
rng = checks.rng()
n, m = 4, rng.integer(6, 7)  # of two numbers, reversed and rolled are the same; 3 is the number of channels
for_each = [
    (rng.tensor(n, 3, 2, 5), rng.tensor(n), rng.tensor(m)),
    (rng.tensor(1, 1, 1, 4), rng.tensor(1), rng.tensor(2)),
]
x, a, b = for_each[0]
for_each += [(x, a.sort(descending=down).values, b) for down in (False, True)]  # backwards is not sorted
with checks.check("rows, planes and channels last", hint="which axes become one, and which one moves?"):
    for x, a, b in for_each:
        rows, planes, last, *_ = seven_shapes(x, a, b)
        checks.close(
            rows,
            torch.tensor([[v for c in picture for line in c for v in line] for picture in x.tolist()]),
            what="rows",
        )
        checks.close(planes, torch.tensor([c for picture in x.tolist() for c in picture]), what="planes")
        checks.close(last, x.permute(0, 2, 3, 1), what="last")
with checks.check(
    "sums, both, pair and back", hint="a column and a row; an old axis or a new one; only the channel's axis goes"
):
    for x, a, b in for_each:
        *_, sums, both, pair, back = seven_shapes(x, a, b)
        checks.close(sums, torch.tensor([[p + q for q in b.tolist()] for p in a.tolist()]), what="sums")
        checks.close(both, torch.tensor(a.tolist() + b.tolist()), what="both")
        checks.close(pair, torch.tensor([a.tolist(), a.tolist()[::-1]]), what="pair")
        checks.close(back, torch.tensor([picture[0] for picture in x.tolist()]), what="back")
### END HIDDEN TESTS

# %% [markdown]
# Now put the two kinds of operations together. A sheet of pictures, as it opens every lesson of this course, has shape
# (rows · 28, columns · 28). A stack has shape (n, 28, 28). If you reshape one to the other, you get mixed lines of all
# pictures; so which axes have to be exchanged, and when?
#
# ### Exercise: a mosaic
# difficulty 4/5 · 12 minutes · cards: reshape-or-permute, mosaic-axes
#
# Lay n pictures out on one sheet, `columns` in each row, in reading order: the first picture top left, the
# second to its right. If the last row is not full, its remaining places are blank paper, 0. (There is at least one
# picture. Pictures need not be square.)
#
# hint: Reading order is (row of pictures, picture in that row, pixel row, pixel column). In which order do the pixels
# of the *sheet* run when you read it line by line?


# %% solution="mosaic" promises="leaves-inputs, tensor, any-float, any-layout"
def mosaic(pictures: torch.Tensor, columns: int) -> torch.Tensor:
    """One sheet of n pictures (n, height, width), so many in each row, blank (0) where they do not fill the last row."""
    ### BEGIN SOLUTION
    n, height, width = pictures.shape
    rows = -(-n // columns)
    blank = pictures.new_zeros(rows * columns - n, height, width)
    table = torch.cat([pictures, blank]).reshape(rows, columns, height, width)
    return table.permute(0, 2, 1, 3).reshape(rows * height, columns * width)
    ### END SOLUTION


# %% [markdown] explains="mosaic"
# Say the order of numbers in words. The stack, cut into rows of pictures, runs (row of pictures, picture, pixel row,
# pixel column). The sheet, read line by line, runs (row of pictures, pixel row, picture, pixel column): a line of it
# goes through *all* pictures beside each other before the next line begins. So the two axes in the middle change
# places, `permute(0, 2, 1, 3)`, and only then may axes be joined.
#
# `reshape` at once would put the first two lines of the first picture beside each other. The order of the sizes says
# which axes are joined: the first two are the height of the sheet, the last two its width. `-(-n // columns)` rounds
# up: 7 pictures in rows of 3 need 3 rows, and when `columns` divides n there is no empty row at the end. The blank
# pictures come last, so they fill the end of the last row.


# %% tests="mosaic" points=5
def examples(rng):
    yield checks.example(mosaic, {"pictures": rng.tensor(5, 2, 3), "columns": 2})


with checks.check("three pictures of one line, two in a row", hint="which axes stand next to each other on the sheet?"):
    tiny = torch.tensor([[[1.0, 2.0]], [[3.0, 4.0]], [[5.0, 6.0]]])
    checks.close(mosaic(tiny, 2), [[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 0.0, 0.0]])
### BEGIN HIDDEN TESTS
rng = checks.rng()


def sheet_of(pictures, columns):
    n, height, width = pictures.shape
    rows = len(range(0, n, columns))
    sheet = torch.zeros(rows * height, columns * width, dtype=pictures.dtype)
    for place in range(n):
        r, c = divmod(place, columns)
        sheet[r * height : (r + 1) * height, c * width : (c + 1) * width] = pictures[place]
    return sheet


with checks.check(
    "full rows of pictures that are not square", points=2, hint="a row of the sheet runs through several pictures"
):
    for n, columns, height, width in (
        (6, 3, 2, 4),
        (6, 2, 4, 2),
        (4, 4, 3, 2),
        (4, 2, 2, 2),
        (3, 1, 2, 3),
        (12, 4, 1, 2),
        (3, 3, 1, 2),
        (3, 1, 2, 1),
        (1, 1, 1, 1),
        (22, 11, 2, 2),
    ):
        x = rng.tensor(n, height, width)
        checks.close(mosaic(x, columns), sheet_of(x, columns))
with checks.check(
    "a last row that is not full", points=2, hint="how many rows do n pictures need? what fills the rest?"
):
    for n, columns in ((5, 3), (7, 3), (4, 3), (2, 5), (1, 1), (1, 3), (9, 2), (8, 5)):
        x = rng.tensor(n, rng.integer(2, 3), 4)
        checks.close(mosaic(x, columns), sheet_of(x, columns))
    fine = rng.tensor(5, 2, 3, dtype=torch.float64)
    checks.close(mosaic(fine, 2), sheet_of(fine, 2), rtol=1e-12, atol=1e-12)
### END HIDDEN TESTS

# %%
show([mosaic(digits.valid_x[::10], 20)], ["100 digits by your own mosaic"], size=8)

# %% [markdown]
# Is every digit whole, and does none lean? Then the axes are where they belong.
#
# *Further reading:* [PyTorch: `torch.permute`, `reshape`,
# `movedim`](https://pytorch.org/docs/stable/torch.html#indexing-slicing-joining-mutating-ops); Rogozhnikov, "Einops:
# Clear and Reliable Tensor Manipulations with Einstein-like Notation" (ICLR 2022), on mistakes like that of the colours.
#
# **Now you can** say which axis disappears and which one stretches before you run a line, notice when two shapes only
# seem to agree, and rearrange pictures without a loop.
