# %% [markdown]
# ## 9 · Products in the language of indices
#
# **In this part you will** write products by naming their axes, see through a shape to the strides behind it, and slide
# a window over a picture without copying a pixel.
#
# A matrix product, a trace, an outer product, a batch of dot products: each has a function of its own, and each is the
# same sentence with other indices. $C_{ik} = \sum_j A_{ij} B_{jk}$ says it all: an index on the right that does not
# occur on the left is summed over. **`einsum`** takes this sentence: `torch.einsum("ij,jk->ik", A, B)`. Each tensor
# gets a letter for each axis; the same letter means the same position; after the arrow stand the axes of the result, in
# order.
#
# Which axes do you have, and which do you want? Nobody needs to remember `mm` (matrix times matrix), `mv` (matrix times
# vector), `bmm`, `outer`, `dot` and their transposes. **Predict** the shape of each result.

# %%
A, B = torch.rand(2, 3), torch.rand(3, 4)
for sentence, inputs in {
    "ij,jk->ik": (A, B),
    "ij,jk->ki": (A, B),
    "ij->j": (A,),
    "ij->": (A,),
    "ij,kl->ijkl": (A, B),
}.items():
    print(f"{sentence:14}{tuple(torch.einsum(sentence, *inputs).shape)}")
print("ij,jk->ik is mm:", torch.allclose(torch.einsum("ij,jk->ik", A, B), A.mm(B)))

# %% [markdown]
# ### Exercise: six sentences
# difficulty 2/5 · 8 minutes · cards: einsum, mm-mv, einsum-ellipsis
#
# Fill the blanks. `x` (batch, n) and `y` (batch, n) are rows, `a` (n, n) a square matrix, `v` (n,) a vector. Letters as
# in the first line: b for the batch, i and j for places.
#
# - `moved` (batch, n): each row of `x` as a vector, multiplied by the matrix `a`;
# - `mapped` (n,): the matrix `a` times the vector `v` (the text above names a method for it);
# - `alike` (batch, batch): the dot product of every row of `x` with every row of `y`;
# - `pairs` (batch,): the dot product of each row of `x` with the row of `y` *at the same place*;
# - `trace` (): the sum of the diagonal of `a`;
# - `forms` (batch,): for each row $\sum_{ij} x_i a_{ij} x_j$.


# %% solution="sentences" promises="leaves-inputs, tensors, any-float"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors moved, mapped, alike, pairs, trace and forms, as the text above says."""
    moved = torch.einsum("ij,bj->bi", a, x)
    mapped = a.mv(v)  # ? mv
    alike = torch.einsum("bi,ci->bc", x, y)  # ? "bi,ci->bc"
    pairs = torch.einsum("bi,bi->b", x, y)  # ? "bi,bi->b"
    trace = torch.einsum("ii->", a)  # ? "ii->"
    forms = torch.einsum("bi,ij,bj->b", x, a, x)  # ? "bi,ij,bj->b"
    return moved, mapped, alike, pairs, trace, forms


# %% [markdown] explains="sentences"
# Name the axes that you have and those that you want; what is missing after the arrow is summed. `alike` asks for every
# row with *every* row, so the two batches need two letters, b and c. `pairs` asks for partners, so they share b: it is
# the diagonal of `alike`, 1 and 7 in the first check, without computing the rest of the table.
#
# A letter twice in *one* tensor walks along its diagonal: `"ii->"` is the trace, while `"ij->"` would sum everything.
# `forms` has three factors, and its letters are those of the formula: $\sum_{ij} x_i a_{ij} x_j$, with b in front
# because it is done for each row. `mv` is matrix times vector, in this order; for a square matrix the other order runs
# as well, and gives the product with the transpose.


# %% tests="sentences" points=3
def examples(rng):
    yield checks.example(
        sentences, {"x": rng.tensor(2, 3), "y": rng.tensor(2, 3), "a": rng.tensor(3, 3), "v": rng.tensor(3)}
    )


with checks.check("two rows of two", hint="which letters do the inputs share, and which stand after the arrow?"):
    x, y = torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([[1.0, 0.0], [1.0, 1.0]])
    _, mapped, alike, pairs, trace, _ = sentences(x, y, x, y[1])
    checks.close(mapped, [3.0, 7.0], what="mapped")
    checks.close(alike, [[1.0, 3.0], [3.0, 7.0]], what="alike")
    checks.close(pairs, [1.0, 7.0], what="pairs")
    checks.close(trace, 5.0, what="trace")
### BEGIN HIDDEN TESTS
rng = checks.rng()
n, batch = rng.integer(4, 5), rng.integer(2, 3)
x, y, a, v = rng.tensor(batch, n), rng.tensor(batch, n), rng.tensor(n, n), rng.tensor(n)
with checks.check("mapped, alike and pairs", hint="every row with every row, or only with its partner?"):
    _, mapped, alike, pairs, *_ = sentences(x, y, a, v)
    dots = [[sum(p * q for p, q in zip(r, s, strict=True)) for s in y.tolist()] for r in x.tolist()]
    checks.close(mapped, a @ v, rtol=1e-4, atol=1e-5, what="mapped")
    checks.close(alike, dots, rtol=1e-4, atol=1e-5, what="alike")
    checks.close(pairs, [dots[place][place] for place in range(batch)], rtol=1e-4, atol=1e-5, what="pairs")
with checks.check("trace and forms", hint="an index that occurs twice in one tensor walks along its diagonal"):
    *_, trace, forms = sentences(x, y, a, v)
    checks.close(trace, sum(a[i, i].item() for i in range(n)), rtol=1e-4, atol=1e-5, what="trace")
    checks.close(forms, [row @ a @ row for row in x], rtol=1e-4, atol=1e-4, what="forms")
### END HIDDEN TESTS

# %% [markdown]
# An ellipsis stands for the axes that you do not want to name: `"...ij,...jk->...ik"` is the matrix product of whatever
# stacks of matrices. Attention, in later lessons, is two such sentences and a softmax between them.
#
# Letters are short; words are clearer. The library **einops** has them: `rearrange(x, "n h w -> n (h w)")` flattens,
# and reads like its own documentation; `repeat` adds axes and `reduce` removes some: `reduce(x, "n h w -> n 1 1",
# "mean")` is a mean with its axes kept. A name in brackets with others is one axis made of several. The mosaic of
# section 5 is one line in it. **Predict** the second picture before you run the cell: what is different in its pattern?

# %% setup
from einops import rearrange, reduce, repeat

# %%
few = digits.train_x[[1, 3, 7, 10, 12, 20]]
sheets = [
    rearrange(few, "(rows columns) h w -> (rows h) (columns w)", columns=3),
    rearrange(few, "(rows columns) h w -> (h rows) (columns w)", columns=3),
    rearrange(few, "(rows columns) h w -> (rows h) (w columns)", columns=3),
]
show(sheets, ["(rows h) (columns w)", "(h rows) (columns w)", "(rows h) (w columns)"], size=2.7)

# %% [markdown]
# The same numbers, interleaved. In `(rows h)` the right name runs fastest: for each row of pictures, all of its lines.
# In `(h rows)`, a line of one picture alternates with a line of the other.
#
# Many pictures are made from *coordinates*: a value is computed for every pixel from its place. That needs a tensor of
# places, and `repeat` makes it.
#
# ### Exercise: a landscape from coordinates
# difficulty 2/5 · 8 minutes · cards: einops-repeat, einops-rearrange, einops-reduce, pixel-grid
#
# Fill the blanks.
#
# - `places` (height · width, 2) holds for every pixel, in reading order, its row number and its column number;
# - `values` is what the given `height_at` makes of them, one number for each place, (height · width,);
# - `landscape` (height, width) is these numbers as a picture, and `relief` the same with the mean of each row
#   subtracted.


# %% solution="landscape" promises="leaves-inputs, tensors"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The places (height * width, 2), the picture (height, width) of height_at(places), and it without its rows' means."""
    rows = repeat(torch.arange(height), "h -> h w", w=width)  # ? "h -> h w", w=width
    columns = repeat(torch.arange(width), "w -> h w", h=height)  # ? "w -> h w", h=height
    places = rearrange(torch.stack([rows, columns]), "two h w -> (h w) two")  # ? "two h w -> (h w) two"
    values = height_at(places)
    picture = rearrange(values, "(h w) -> h w", h=height)  # ? "(h w) -> h w", h=height
    means = reduce(picture, "h w -> h 1", "mean")  # ? "h w -> h 1", "mean"
    return places, picture, picture - means


# %% [markdown] explains="landscape"
# A row number is the same all along its row: `"h -> h w"` repeats it w times along a new last axis. A column number is
# the same all the way down: `"w -> h w"`. In `(h w)` the last name runs fastest, and that is reading order.
# `torch.stack([rows, columns]).reshape(-1, 2)` would have the right shape and pair the first two *row* numbers: the
# axis "two" has to move to the end, not only the line breaks.
#
# For the means, `"h w -> h 1"` keeps an axis of length 1, so each row loses its own mean. `"h w -> h"` would leave
# (h,), which meets the *width*: an error, or, for a square picture, the wrong mean for each column and no error. You
# have met this one in section 4, with `keepdim`.


# %% tests="landscape" points=3
def examples(rng):
    height_at = lambda places: places.float() @ torch.tensor([10.0, 1.0])
    yield checks.example(lambda height, width: landscape(height_at, height, width), {"height": 2, "width": 3})


with checks.check("two rows of three", hint="the column number runs fastest"):
    places, picture, relief = landscape(lambda places: places.float() @ torch.tensor([10.0, 1.0]), 2, 3)
    checks.equal(places, torch.tensor([[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]]), what="places")
    checks.close(picture, [[0.0, 1.0, 2.0], [10.0, 11.0, 12.0]], what="landscape")
    checks.close(relief, [[-1.0, 0.0, 1.0]] * 2, what="relief")
### BEGIN HIDDEN TESTS
rng = checks.rng()
height, width = rng.integer(3, 4), rng.integer(5, 6)
for_all = [(height, width), (width, height), (1, 4), (4, 1), (3, 3), (1, 1), (12, 11)]
with checks.check("places of any grid", hint="which axis is repeated for the rows, and which for the columns?"):
    for h, w in for_all:
        places, _, _ = landscape(lambda places: places[:, 0].float(), h, w)
        checks.equal(places, torch.tensor([[r, c] for r in range(h) for c in range(w)]))
with checks.check("any landscape", hint="reading order; the mean of a row is taken over its columns"):
    for h, w in for_all:
        heights = rng.tensor(h, w)
        _, picture, relief = landscape(lambda places, heights=heights: heights[places[:, 0], places[:, 1]], h, w)
        checks.close(picture, heights, what="landscape")
        checks.close(
            relief, [[v - sum(row) / w for v in row] for row in heights.tolist()], rtol=1e-4, atol=1e-5, what="relief"
        )
### END HIDDEN TESTS

# %%
ripples = lambda places: ((places - torch.tensor([40.0, 60.0])).pow(2).sum(dim=1).sqrt() / 4).sin()
_, hills, _ = landscape(ripples, 100, 160)
figure, axis = plt.subplots(figsize=(5.5, 3))
axis.imshow(hills, cmap="terrain")
axis.contour(hills, levels=[0.0], colors="black", linewidths=0.6)
figure.tight_layout()

# %% [markdown]
# *Further reading:* [PyTorch: `torch.einsum`](https://pytorch.org/docs/stable/generated/torch.einsum.html); [einops:
# basics](https://einops.rocks/1-einops-basics/).
#
# ## 10 · Strides: how a shape reads a row
#
# Back to the first picture of this notebook. The memory is one row; how does a tensor find entry (i, j) in it? By its
# **strides**: for each axis, how many numbers to walk on in the row for one step along that axis.
#
# $$\text{place of } (i, j, k) \text{ in the row} = \text{offset} + i\,s_0 + j\,s_1 + k\,s_2$$
#
# A fresh tensor of shape (3, 4) has strides (4, 1): the next column is the next number, the next row is four further
# on. And now everything that is "free" in this lesson explains itself. **Predict** the strides on each line.

# %%
x = torch.arange(12).reshape(3, 4)
for name, view in {
    "x": x,
    "x.T": x.T,
    "x[:, ::2]": x[:, ::2],
    "x[1:, 2:]": x[1:, 2:],
    "x[0].expand(5, 4)": x[0].expand(5, 4),
    "x.reshape(2, 3, 2)": x.reshape(2, 3, 2),
}.items():
    print(f"{name:20}shape {tuple(view.shape)!s:12}strides {view.stride()!s:12}offset {view.storage_offset()}")

# %% [markdown]
# Transposing exchanges two strides. A step of 2 doubles one. Cutting moves the offset. And stretching makes a stride
# **zero**: however far you walk along that axis, you stay where you are. That is the secret of broadcasting.
#
# `torch.as_strided(x, size, stride)` hands you the controls. It reads the memory behind `x` with any size and any
# strides you like (from `x`'s own offset, if you give none), so rows may overlap, be skipped or be repeated. What it
# does not do is check whether that makes sense. **Predict** the five pictures. (The 14 is an offset.)

# %%
views = {
    "(28, 28), (28, 1)": torch.as_strided(three, (28, 28), (28, 1)),
    "(28, 28), (1, 28)": torch.as_strided(three, (28, 28), (1, 28)),
    "(28, 28), (0, 28), 14": torch.as_strided(three, (28, 28), (0, 28), 14),
    "(28, 14), (28, 2)": torch.as_strided(three, (28, 14), (28, 2)),
    "(26, 28), (29, 1)": torch.as_strided(three, (26, 28), (29, 1)),
}
show([view.clone() for view in views.values()], list(views), size=1.9)

# %% [markdown]
# (In the middle every row is the same: it begins at place 14 of the memory and walks *down* column number 14, in
# every row anew. The last one has rows of 29.)
#
# ### Exercise: at the controls
# difficulty 4/5 · 15 minutes · cards: strides-contiguous, as-strided, stride-zero, strided-trace, strided-mv, strided-mm, strided-outer
#
# Fill the blanks with sizes and strides. `a` (n, m) and `b` (m, p) are **contiguous**: their numbers stand in the row
# without gaps, in reading order. `square` (n, n) and the vectors `v` (m,) and `w` (n,) are, too. (Each may begin
# anywhere in its memory: leave the offset to `as_strided`.) Nothing is needed but `as_strided`, `*` and `sum`.
#
# - `again` (n, m): `a` itself, read with its natural strides;
# - `steps` (2, 3): the first numbers of `v` in rows that overlap, (v0, v1, v2) and (v1, v2, v3) (`v` has at least
#   four);
# - `trace` (): the sum of the diagonal of `square`;
# - `mv` (n,): `a` times `v`, the vector repeated for each row;
# - `mm` (n, p): `a` times `b`, where `a` is repeated along a new last axis, `b` along a new first one, (n, m, p), and
#   the middle axis is summed;
# - `outer` (n, m): every number of `w` times every number of `v`.


# %% solution="controls" promises="leaves-inputs, tensors, any-float"
# promises: by-hand(mm, mv, matmul, addmm, addmv, einsum, trace, outer, dot, bmm, diagonal)
def controls(a, b, square, v, w) -> tuple[torch.Tensor, ...]:
    """The tensors again, steps, trace, mv, mm and outer, as the text above says."""
    (n, m), p = a.shape, b.shape[1]
    again = torch.as_strided(a, (n, m), (m, 1))  # ? (n, m), (m, 1)
    steps = torch.as_strided(v, (2, 3), (1, 1))  # ? (2, 3), (1, 1)
    trace = torch.as_strided(square, (n,), (n + 1,)).sum()  # ? (n,), (n + 1,)
    mv = (a * torch.as_strided(v, (n, m), (0, 1))).sum(dim=1)  # ? (n, m), (0, 1)
    left = torch.as_strided(a, (n, m, p), (m, 1, 0))  # ? (m, 1, 0)
    right = torch.as_strided(b, (n, m, p), (0, p, 1))  # ? (0, p, 1)
    mm = (left * right).sum(dim=1)
    outer = torch.as_strided(w, (n, m), (1, 0)) * torch.as_strided(v, (n, m), (0, 1))  # ? (1, 0) | (0, 1)
    return again, steps, trace, mv, mm, outer


# %% [markdown] explains="controls"
# Ask one question for each axis: one step along it, how many numbers on in the row? In `a` (n, m) a row down is m
# numbers and a column is 1. Along the diagonal one goes down *and* right in one step, which is n + 1. Overlapping rows
# begin one number later each, hence (1, 1). Where something is repeated, the stride is 0: one stays where one is.
#
# `mm` puts this together. Entry (i, j, k) of `left` is $a_{ij}$, whatever k, so its strides are (m, 1, 0); of `right`
# it is $b_{jk}$, whatever i, so (0, p, 1). Their product, summed over the middle axis, is $\sum_j a_{ij} b_{jk}$. Note
# that `b` has rows of p numbers: with the strides of `a` it would read across its line breaks. No number was copied
# before the multiplication, which alone makes (n, m, p) of them; a real matrix product avoids even that.


# %% tests="controls" points=5
def examples(rng):
    given = {
        "a": rng.tensor(2, 4),
        "b": rng.tensor(4, 3),
        "square": rng.tensor(2, 2),
        "v": rng.tensor(4),
        "w": rng.tensor(2),
    }
    yield checks.example(controls, given)


with checks.check("two by four", hint="one step along an axis: how far is that in the row? 0 repeats"):
    a = torch.tensor([[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]])
    v, w = torch.tensor([1.0, 0.0, 1.0, 0.0]), torch.tensor([2.0, 3.0])
    again, steps, trace, mv, mm, outer = controls(a, a.reshape(4, 2), a[:, :2].clone(), v, w)
    checks.close(trace, 7.0, what="trace")
    checks.close(mv, [4.0, 12.0], what="mv")
    checks.close(outer, [[2.0, 0.0, 2.0, 0.0], [3.0, 0.0, 3.0, 0.0]], what="outer")
### BEGIN HIDDEN TESTS
rng = checks.rng()
sizes = [(rng.integer(2, 3), rng.integer(4, 5), 6), (5, 4, 1), (1, 6, 2), (4, 4, 4), (1, 4, 1), (11, 12, 13)]
given = [(rng.tensor(n, m), rng.tensor(m, p), rng.tensor(n, n), rng.tensor(m), rng.tensor(n)) for n, m, p in sizes]


def of_parts(controls, given):
    """Parts of longer rows, cut where the answer runs: a part would arrive with its own numbers alone."""
    parts = []
    for x in given:
        row = x.new_full((x.numel() + 8,), 9.0)
        row[5 : 5 + x.numel()] = x.flatten()
        parts.append(row[5 : 5 + x.numel()].view(x.shape))
    return controls(*parts)


with checks.check("a itself, and overlapping rows", hint="the next row begins how many numbers later?"):
    for a, b, square, v, w in given:
        again, steps, *_ = controls(a, b, square, v, w)
        checks.close(again, a, what="again")
        checks.close(steps, torch.stack([v[:3], v[1:4]]), what="steps")
    a, _, _, v, _ = given[0]
    again, steps, *_ = checks.on_student_side(of_parts, controls, given[0])
    checks.close(again, a, what="again, of a part")
    checks.close(steps, torch.stack([v[:3], v[1:4]]), what="steps, of a part")
with checks.check("trace and outer product", hint="the diagonal: one row down and one column on, in one step"):
    for a, b, square, v, w in given:
        _, _, trace, _, _, outer = controls(a, b, square, v, w)
        checks.close(trace, sum(square[i, i].item() for i in range(len(w))), rtol=1e-4, atol=1e-5, what="trace")
        checks.close(outer, [[p * q for q in v.tolist()] for p in w.tolist()], rtol=1e-4, atol=1e-5, what="outer")
    _, _, square, v, w = given[0]
    _, _, trace, _, _, outer = checks.on_student_side(of_parts, controls, given[0])
    checks.close(trace, square.trace(), rtol=1e-4, atol=1e-5, what="trace, of a part")
    checks.close(outer, torch.outer(w, v), rtol=1e-4, atol=1e-5, what="outer, of parts")
with checks.check("products", points=2, hint="along the axis that repeats, the stride is 0"):
    for a, b, square, v, w in given:
        _, _, _, mv, mm, _ = controls(a, b, square, v, w)
        checks.close(mv, a @ v, rtol=1e-4, atol=1e-5, what="mv")
        checks.close(mm, a @ b, rtol=1e-4, atol=1e-5, what="mm")
    a, b, _, v, _ = given[0]
    _, _, _, mv, mm, _ = checks.on_student_side(of_parts, controls, given[0])
    checks.close(mv, a @ v, rtol=1e-4, atol=1e-5, what="mv, of parts")
    checks.close(mm, a @ b, rtol=1e-4, atol=1e-5, what="mm, of parts")
### END HIDDEN TESTS

# %% [markdown]
# What you have just written as `left` and `right` is what `a[:, :, None] * b[None]` does. Broadcasting writes the zeros
# for you, and it reads the strides of its inputs *as they are*; your code believed that they are (m, 1). Give it `a.T`
# and it is silently wrong. This is the one rule for `as_strided`: **ask the tensor for its strides**, `x.stride()`, and
# never assume them.
#
# The next exercise needs it. A **box blur** replaces each pixel by the mean of the square around it: that is how noise
# is smoothed, and it is the simplest of all convolutions. Take all windows of size × size of a picture as *one* tensor
# of four axes, (window row, window column, row in it, column in it). Written out it would be size² times as large as
# the picture; as a view it costs nothing.
#
# ### Exercise: blur through a moving window
# difficulty 4/5 · 12 minutes · cards: windows-strided, stride-not-contiguous
#
# Return the means of all windows of size × size that lie wholly inside the picture: of (height, width) that leaves
# (height − size + 1, width − size + 1). `size` is at most the smaller of the two. The picture may be any view,
# transposed, sliced or stretched.
#
# hint: If you move the *window* by one row, by how much do you move in memory? And if you move by one row *within* the
# window?


# %% solution="blur" promises="leaves-inputs, tensor, any-float, any-layout, differentiable(picture)"
# promises: by-hand(conv, pooling, unfold, im2col, cumsum)
def blur(picture: torch.Tensor, size: int) -> torch.Tensor:
    """The mean of every size x size window of a picture: (height, width) in, (height - size + 1, width - size + 1) out."""
    ### BEGIN SOLUTION
    down, across = picture.stride()
    height, width = picture.shape
    shape = (height - size + 1, width - size + 1, size, size)
    return picture.as_strided(shape, (down, across, down, across)).mean(dim=(2, 3))
    ### END SOLUTION


# %% [markdown] explains="blur"
# One step of the window down the picture and one step down *within* the window are the same move in memory: `down`. The
# same goes for `across`. So the four strides are (down, across, down, across), and windows overlap because they walk
# through the same numbers. There are `height - size + 1` windows below each other: the last one begins `size` rows
# above the end.
#
# Ask the picture for its strides. `(width, 1, width, 1)` is right for a fresh tensor; for a transposed one it reads the
# picture the wrong way round, and for `whole[:, ::2]` it reads columns that were left out, without any error. The mean
# over the last two axes counts size² pixels, whatever the size. By hand: the upper left window of 0 to 8 holds 0, 1, 3
# and 4, with the mean 2. Replace the mean by a weighted sum, and this is the convolution of lesson 07.


# %% tests="blur" points=5
def examples(rng):
    yield checks.example(blur, {"picture": rng.tensor(4, 5), "size": 2})


with checks.check("three by three, windows of two", hint="four windows of four pixels each"):
    checks.close(blur(torch.arange(9.0).reshape(3, 3), 2), [[2.0, 3.0], [5.0, 6.0]])
### BEGIN HIDDEN TESTS
rng = checks.rng()


def slow(picture, size):
    height, width = picture.shape
    corners = [[(r, c) for c in range(width - size + 1)] for r in range(height - size + 1)]
    return [[picture[r : r + size, c : c + size].double().mean().item() for r, c in line] for line in corners]


def views(whole):
    """Pictures with strides of their own."""
    return whole.T, whole[:, ::2], whole[2:7, 3:], whole[::3].T, whole[3].expand(4, 10), whole[1:, 1:].T[::2]


def of_views(blur, whole, size):
    """The views are made where the answer runs: a stretched one would arrive written out."""
    pictures = (whole.T, whole[:, ::2], whole[2:7, 3:], whole[::3].T, whole[3].expand(4, 10), whole[1:, 1:].T[::2])
    return [blur(x, size) for x in pictures]


with checks.check(
    "pictures that are not square, windows of any size", points=2, hint="how many windows fit beside each other?"
):
    for height, width, size in (
        (rng.integer(4, 5), rng.integer(7, 8), 3),
        (6, 3, 2),
        (4, 4, 4),
        (3, 5, 1),
        (9, 6, 5),
        (1, 4, 1),
    ):
        x = rng.tensor(height, width)
        checks.close(blur(x, size), slow(x, size), rtol=1e-4, atol=1e-5)
    fine = 1e8 + rng.tensor(5, 6, dtype=torch.float64)
    checks.close(blur(fine, 3), slow(fine, 3), rtol=1e-10, atol=0.0)
with checks.check(
    "pictures that are views", points=2, hint="what are the strides of a transposed picture, or of every second column?"
):
    whole = rng.tensor(8, 10)
    for size in (2, 3):
        for got, x in zip(checks.on_student_side(of_views, blur, whole, size), views(whole), strict=True):
            checks.close(got, slow(x, size), rtol=1e-4, atol=1e-5)
### END HIDDEN TESTS

# %%
show(
    [three, blur(three, 2), blur(three, 3), blur(three, 5), blur(three, 9)], ["as it was", "2", "3", "5", "9"], size=1.9
)

# %% [markdown]
# *Further reading:* [PyTorch: `torch.as_strided`](https://pytorch.org/docs/stable/generated/torch.as_strided.html);
# Yang, ["PyTorch internals"](https://blog.ezyang.com/2019/05/pytorch-internals/), for the pictures of strides; van der
# Walt, Colbert and Varoquaux, "The NumPy Array: A Structure for Efficient Numerical Computation" (2011), arXiv
# 1102.1523.
#
# **Now you can** write any product as a sentence about its axes, read a tensor's strides, and see all windows of a
# picture at once without copying it.
