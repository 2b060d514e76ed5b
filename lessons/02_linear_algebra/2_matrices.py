# %% [markdown]
# ## 2 · A matrix is where the axes go
#
# **In this part you will** find the matrix of a map by asking it questions, write vectors and maps in another basis,
# and compute determinants and inverses from their definitions.
#
# The machines of the first picture have something in common: straight lines stay straight, the origin stays put, and
# evenly spaced dots stay evenly spaced. Such a map is called **linear**. In symbols: $f(x + y) = f(x) + f(y)$ and
# $f(c\,x) = c\,f(x)$.
#
# From this follows something remarkable. Every vector is a mix (a **linear combination**) of the **standard basis**
# $e_1 = (1, 0, …)$, $e_2 = (0, 1, 0, …)$ and so on: $x = x_1 e_1 + x_2 e_2 + …$ So $f(x) = x_1 f(e_1) + x_2 f(e_2) +
# …$: if you know where the basis vectors go, you know where everything goes. Write these images side by side as
# columns and you have the **matrix** of $f$, and $f(x)$ is the matrix times $x$. **Predict** the two columns for a
# turn (a **rotation**) by 90° to the left.
#
# ### Exercise: the matrix of a map
# difficulty 2/5 · 8 minutes · cards: linear-map, matrix-columns, standard-basis, compose
#
# You get a linear function `f` that takes one float32 vector of length `n` at a time; nothing else is known. Find its
# matrix by asking it the right `n` questions. (More are allowed, but not needed.) The answers may be shorter or longer
# than `n`, even of shape (1,): a matrix that is not square takes vectors from one space into another one. And `f` may
# give back the very tensor that it got, or a part of it, so do not change a question after you asked it.
#
# hint: `torch.eye(n)` has the standard basis as its rows. `torch.stack(vectors, dim=1)` makes vectors into columns.

# %% solution="matrix_of" promises="tensor, any-size(longer answers, shorter answers)"
def matrix_of(f, n: int) -> torch.Tensor:
    """The matrix (m, n) of a linear function f from vectors (n,) to vectors (m,)."""
    ### BEGIN SOLUTION
    return torch.stack([f(axis) for axis in torch.eye(n)], dim=1)
    ### END SOLUTION


# %% [markdown] explains="matrix_of"
# Every vector is a mix of the standard basis, and a linear map keeps mixes. So whoever knows where the `n` basis vectors go
# knows the map, and `n` questions are enough. The answer to the question $e_k$ is column $k$, because $A e_k$ picks
# column $k$ out of $A$. That is why the answers are stacked as columns (`dim=1`), each of length $m$, whatever $m$ is.
#
# With the answers as rows you would have the transpose: the same numbers, and another map. It shows as soon as $m$ and $n$
# differ, or a turn goes the wrong way. The rows of `torch.eye(n)` may be used as they are, because they are asked and never changed.


# %% tests="matrix_of" points=4
def quarter_turn(matrix_of):
    """What is found for a turn by 90° to the left."""
    import torch

    return matrix_of(lambda x: torch.stack([-x[1], x[0]]), 2)


def asked(matrix_of, steps, n):
    """What is found for a map of vectors only that takes one step after the other."""
    import torch

    def sums(x, _):
        return x.cumsum(0)

    def neighbours(x, mix):
        return mix[0] * x[:-1] + mix[1] * x[1:]

    def readings(x, rows):
        return torch.cat([x, torch.stack([torch.dot(row, x) for row in rows])])

    def part(x, kept):
        return x[: kept[0]]  # no copy: what comes back is the question itself

    kinds = {"sums": sums, "neighbours": neighbours, "readings": readings, "part": part}

    def f(x):
        if x.shape != (n,):
            raise ValueError(f"f takes one vector of length {n}, not a tensor of shape {tuple(x.shape)}")
        if x.dtype != torch.float32:
            raise TypeError(f"f takes a vector of float32, not of {x.dtype}")
        for kind, numbers in steps:
            x = kinds[kind](x, numbers)
        return x

    return matrix_of(f, n)


def matrix(kind, numbers, n):
    """The matrix of one of these steps, for vectors of length n."""
    eye = torch.eye(n)
    if kind == "sums":
        return torch.ones(n, n).tril()
    if kind == "part":
        return eye[: numbers[0]]
    return numbers[0] * eye[:-1] + numbers[1] * eye[1:] if kind == "neighbours" else torch.cat([eye, numbers])


def examples(rng):
    longer, shorter = ("readings", rng.tensor(2, 4)), ("neighbours", rng.tensor(2))

    def found(step):
        return checks.on_student_side(asked, matrix_of, [step], 4)

    yield checks.example(found, {"step": longer}, size="longer answers", right=lambda step: matrix(*step, 4))
    yield checks.example(found, {"step": shorter}, size="shorter answers", right=lambda step: matrix(*step, 4))


with checks.check("a quarter turn to the left", hint="the image of the first axis is the first column"):
    checks.close(checks.on_student_side(quarter_turn, matrix_of), [[0.0, -1.0], [1.0, 0.0]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
n = rng.integer(4, 6)
mix, rows = rng.tensor(2), rng.tensor(2, n)
with checks.check(
    "running sums, and maps that give back what they got",
    hint="which entries of x does the k-th running sum contain? does a new question change an earlier answer?",
):
    for step in (("sums", None), ("part", [n]), ("part", [n - 2])):
        checks.close(checks.on_student_side(asked, matrix_of, [step], n), matrix(*step, n))
with checks.check(
    "maps between spaces of different size, with small and large numbers",
    hint="ask f for the image of every standard basis vector; every entry counts",
):
    for step in (("neighbours", mix), ("readings", rows)):
        checks.close(checks.on_student_side(asked, matrix_of, [step], n), matrix(*step, n), rtol=1e-4, atol=1e-5)
    one_column, one_row, one_number = ("readings", rows[:, :1]), ("neighbours", mix), ("sums", None)
    for step, size in ((one_column, 1), (one_row, 2), (one_number, 1), (("part", [1]), 5), (("sums", None), 40)):
        checks.close(checks.on_student_side(asked, matrix_of, [step], size), matrix(*step, size), rtol=1e-4, atol=1e-5)
    for sizes in ([1e-5, 1e5], [-2e-3, 3e-4]):
        step = ("neighbours", torch.tensor(sizes))
        checks.close(checks.on_student_side(asked, matrix_of, [step], n), matrix(*step, n), rtol=1e-4, atol=1e-8)
with checks.check("one map after another", hint="an image for every axis, in the order of the axes"):
    steps = [("readings", rows), ("sums", None), ("neighbours", mix)]
    found = checks.on_student_side(asked, matrix_of, steps, n)
    together = matrix("neighbours", mix, n + 2) @ matrix("sums", None, n + 2) @ matrix("readings", rows, n)
    checks.close(found, together, rtol=1e-3, atol=1e-4)
### END HIDDEN TESTS

# %% [markdown]
# One linear map after another is a linear map too, and its matrix is the product of the two matrices: that is what a
# **matrix product** is, and why it has such an odd rule. The map on the right acts first. Turning and then shearing is
# not the same as shearing and then turning, so $AB$ and $BA$ differ. When you transpose a product, the order flips:
# $(AB)^\top = B^\top A^\top$.

# %%
turn, shear = torch.tensor(machines["turned"]), torch.tensor(machines["sheared"])
figure, axes = plt.subplots(1, 2, figsize=(5, 2.6))
for axis, name, product in ((axes[0], "turn, then shear", shear @ turn), (axes[1], "shear, then turn", turn @ shear)):
    axis.scatter(*(product @ ink), s=6)
    axis.set(title=name, xlim=(-18, 18), ylim=(-18, 18), aspect="equal")
figure.tight_layout()

# %% [markdown]
# Nobody says that the axes must be those of the paper. Any $n$ vectors of which none is a mix of the others can serve
# as a **basis**, in which every vector gets new numbers, its **coordinates**: how much of each basis vector it
# contains. With the basis vectors as columns of $B$, coordinates $c$ and vector $x$ belong together by $x = B c$.
#
# A map $A$ also looks different in the new basis: translate the coordinates into the old language, let $A$ act, and
# translate back. **Predict** the coordinates of the black arrow in the basis of the blue and the red one.
# The grid helps.

# %%
basis = torch.tensor([[2.0, -1.0], [1.0, 1.0]])
figure, axis = plt.subplots(figsize=(4, 4))
for step in range(-5, 6):
    for one, other in (basis.T, basis.T.flip(0)):
        axis.plot(*torch.stack([step * one - 5 * other, step * one + 5 * other], dim=1), color="lightgrey", lw=0.7)
arrows(axis, [*basis.T], ["b1", "b2"], limit=4.5)
axis.annotate("", (1, 3.5), (0, 0), arrowprops={"color": "black", "width": 1.5, "headwidth": 7})
figure.tight_layout()

# %% [markdown]
# ### Exercise: speak another basis
# difficulty 3/5 · 8 minutes · cards: basis, coordinates, change-of-basis, solve
#
# Fill the blanks. The columns of `basis` need not stand at right angles. (The inverse is needed here because the matrix
# itself is asked for. To find the coordinates of one vector nobody computes it: solving is cheaper and more exact.)
#
# hint: To find coordinates means to solve $B c = x$ for $c$. Which of the three arguments are $B$ and $x$?


# %% solution="in_basis" promises="leaves-inputs, tensors, any-float"
def in_basis(a: torch.Tensor, x: torch.Tensor, basis: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The coordinates of x (n,), and the matrix of the map a (n, n), in the basis of these columns (n, n)."""
    coordinates = torch.linalg.solve(basis, x)  # ? basis, x
    to_basis = torch.linalg.inv(basis)  # ? inv(basis)
    matrix = to_basis @ a @ basis  # ? to_basis @ a @ basis
    return coordinates, matrix


# %% [markdown] explains="in_basis"
# The coordinates of $x$ are the shares in which the columns $b_k$ have to be mixed to give $x$:
# $c_1 b_1 + c_2 b_2 + … = x$, and that is $B c = x$ with the columns in $B$. So the basis is the matrix of the system, and
# $x$ is its right side.
#
# Read the matrix of the map from right to left. It is applied to coordinates $c$: $B$ makes a vector of them, $A$ moves
# the vector, and $B^{-1}$ makes coordinates of the result. Together, $B^{-1} A B$. The other order, $B A B^{-1}$, would read
# an ordinary vector as coordinates. If $B$ were orthonormal, $B^\top$ could stand for the inverse; here nobody promised that.


# %% tests="in_basis" points=4
def examples(rng):
    a, x, basis = rng.tensor(3, 3), rng.tensor(3), torch.eye(3) + 0.2 * rng.tensor(3, 3)
    yield checks.example(in_basis, {"a": a, "x": x, "basis": basis})


with checks.check("coordinates in a skew basis", hint="basis times coordinates must give x"):
    skew = torch.tensor([[1.0, 1.0], [0.0, 2.0]])
    checks.close(in_basis(torch.eye(2), torch.tensor([3.0, 4.0]), skew)[0], [1.0, 2.0])
with checks.check(
    "a map in its own basis", hint="from the basis to the old language, map, and back: read right to left"
):
    stretch = torch.tensor([[2.0, 1.0], [0.0, 3.0]])
    checks.close(in_basis(stretch, torch.ones(2), torch.tensor([[1.0, 1.0], [0.0, 1.0]]))[1], [[2.0, 0.0], [0.0, 3.0]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
n = rng.integer(3, 5)
left, right = (torch.linalg.qr(rng.tensor(n, n)).Q for _ in range(2))
sizes = rng.tensor(n, low=0.4, high=2.5)
basis, back = left @ torch.diag(sizes) @ right, right.T @ torch.diag(1 / sizes) @ left.T
with checks.check(
    "coordinates in any basis",
    hint="basis @ coordinates gives x back; the map plays no part, and a transpose no inverse",
):
    mix = rng.tensor(n)
    checks.close(in_basis(rng.tensor(n, n), basis @ mix, basis)[0], mix, rtol=1e-3, atol=1e-4)
    scales = torch.tensor([1.0, 0.03, *[1.0] * (n - 2)])  # one basis vector is much shorter than the others
    checks.close(in_basis(rng.tensor(n, n), basis @ mix, basis * scales)[0], mix / scales, rtol=2e-3, atol=2e-3)
with checks.check("a map in any basis", hint="the order of the three matrices matters"):
    a = rng.tensor(n, n)
    for old, size in ((a, 1.0), (a + a.T, 1.0), (1e-3 * a, 1e-3)):
        checks.close(in_basis(old, rng.tensor(n), basis)[1], back @ old @ basis, rtol=1e-3, atol=1e-4 * size)
    swap, four = torch.tensor([[0.0, 1.0], [1.0, 0.0]]), torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    checks.close(in_basis(four, torch.ones(2), swap)[1], [[4.0, 3.0], [2.0, 1.0]])  # nothing on the basis's diagonal
    checks.close(in_basis(torch.tensor([[3.0]]), torch.ones(1), torch.tensor([[-2.0]]))[1], [[3.0]])
### END HIDDEN TESTS

# %% [markdown]
# If you drew straight lines in the picture: the black arrow is 1.5 blue and 2 red ones. Check it with your function.
#
# Now for the question of the first picture: which tables of numbers squash? Look at the unit square. A matrix makes a
# parallelogram of it, whose sides are the columns. Its area tells by how much the map enlarges *every* area, and a
# minus sign says that the plane was turned over, as in a mirror. That number is the **determinant**.

# %%
square = torch.tensor([[0.0, 1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 1.0, 0.0]])
figure, axes = plt.subplots(1, 5, figsize=(11, 2.3))
for axis, (name, matrix) in zip(axes, machines.items(), strict=True):
    (a, b), (c, d) = matrix
    axis.fill(*(torch.tensor(matrix) @ square), facecolor="lightblue", edgecolor="tab:blue")
    axis.set(title=f"{name}\nad − bc = {a * d - b * c:.2f}", xlim=(-1.3, 2), ylim=(-0.6, 1.6), aspect="equal")
    axis.title.set_fontsize(8)
figure.tight_layout()

# %% [markdown]
# An area of zero means that the plane was pressed onto a line or a point. A square matrix with determinant 0 is
# **singular**; it has no inverse. (Which property of the picture rules one out? One that has an inverse is
# **invertible**, or nonsingular.)
#
# Larger determinants come from smaller ones. Walk along the first row; strike out the row and the column in which
# you stand; multiply your entry by the determinant of what is left; add up with alternating signs.
#
# $$\det A = a_{11} \det A_{\not1\not1} - a_{12} \det A_{\not1\not2} + a_{13} \det A_{\not1\not3} - …$$

# %% setup


def strike(a: torch.Tensor, row: int, column: int) -> torch.Tensor:
    """The matrix without that row and that column."""
    keep_rows = [place for place in range(len(a)) if place != row]
    keep_columns = [place for place in range(len(a)) if place != column]
    return a[keep_rows][:, keep_columns]


# %% [markdown]
# ### Exercise: a determinant that calls itself
# difficulty 3/5 · 10 minutes · cards: determinant, det-small, cofactor, singular, det-identity
#
# Write it with `strike(a, row, column)` from the cell above. The determinant of a table with one entry is that entry.
#
# hint: $(-1)^k$ is 1 for even k and −1 for odd k.


# %% solution="determinant" promises="leaves-inputs, tensor, by-hand(det, lu, eig)"
def determinant(a: torch.Tensor) -> torch.Tensor:
    """The determinant of a square matrix (n, n), by cofactors along the first row."""
    ### BEGIN SOLUTION
    if len(a) == 1:
        return a[0, 0]
    return sum((-1) ** k * a[0, k] * determinant(strike(a, 0, k)) for k in range(len(a)))
    ### END SOLUTION


# %% [markdown] explains="determinant"
# Go along the first row. Each entry is multiplied by the determinant of what remains without its row and column, and the
# signs alternate, beginning with plus: that is $(-1)^k$. What remains is smaller by one, so the function may ask itself; with
# one entry left it stops asking. Without that first case it would strike rows from a table that has none left.
#
# It is short, and it is slow. A table of $n$ rows asks $n$ times for a table of $n - 1$ rows, which makes $n!$ products in
# all. Twenty rows already need more than $10^{18}$. Elimination, in the next section, needs about $n^3/3$.


# %% tests="determinant" points=4
def examples(rng):
    yield checks.example(determinant, {"a": rng.tensor(3, 3)})
    yield checks.example(determinant, {"a": rng.tensor(4, 4)})


with checks.check("one entry, and two by two", hint="for two by two: ad - bc"):
    checks.close(determinant(torch.tensor([[-3.0]])), -3.0)
    checks.close(determinant(torch.tensor([[1.0, 2.0], [3.0, 4.0]])), -2.0)
with checks.check("the unit cube has volume 1"):
    checks.close(determinant(torch.eye(3)), 1.0)
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check(
    "any matrix up to five by five, with zeros in any place",
    hint="strike row 0 and the column of the entry; signs alternate; a zero contributes nothing",
):
    for n in (2, 3, 4, 5):
        a = rng.tensor(n, n)
        checks.close(determinant(a), torch.linalg.det(a.double()), rtol=1e-3, atol=1e-3)
    for order, sign in (([1, 0, 2, 3], -1), ([1, 2, 0, 3], 1), ([3, 2, 1, 0], 1), ([1, 2, 3, 0], -1)):
        sizes = rng.integers(4, low=2, high=5).float()
        for scale in (1.0, 0.02):
            a = scale * sizes[:, None] * torch.eye(4)[order]
            checks.close(determinant(a), sign * math.prod(sizes.tolist()) * scale**4, rtol=1e-4, atol=0)
    checks.close(determinant(torch.tensor([[0.0, 2.0, 1.0], [1.0, 0.0, 3.0], [2.0, 1.0, 0.0]])), 13.0, rtol=1e-4)
    checks.close(determinant(torch.zeros(3, 3)), 0.0)
with checks.check("two equal columns enclose no volume", hint="do you strike the right column?"):
    a = rng.integers(4, 4, low=-4, high=4).float()
    checks.close(determinant(a[:, [0, 1, 2, 1]]), 0.0, atol=1e-2)
### END HIDDEN TESTS

# %% [markdown]
# The same ingredients make an **inverse**: the matrix that undoes $A$, $A^{-1}A = I$. Each place $(i, j)$ has a
# **cofactor** $(-1)^{i+j} \det A_{\not i \not j}$. The table of the cofactors, *transposed*, is called the
# **adjugate**, and
#
# $$A^{-1} = \frac{1}{\det A}\, \operatorname{adj} A$$
#
# ### Exercise: undo it
# difficulty 3/5 · 8 minutes · cards: inverse, adjugate
#
# Fill the blanks. Here `torch.linalg.det` is there to help; `solve` and `pinv` count as ready-made inverses. A singular matrix must end in a `ValueError`. (With rounded
# numbers a determinant is hardly ever exactly zero, so we ask whether its size is at most `tiny`.)


# %% solution="inverse" promises="leaves-inputs, tensor, by-hand(inv)"
def inverse(a: torch.Tensor, tiny: float) -> torch.Tensor:
    """The inverse of a square matrix (n, n), by its adjugate; ValueError when |det| is at most tiny."""
    n, volume = len(a), torch.linalg.det(a)
    if abs(volume) <= tiny:  # ? abs(volume)
        raise ValueError("this matrix is singular")  # ? ValueError
    cofactors = torch.empty_like(a)
    for i in range(n):
        for j in range(n):
            cofactors[i, j] = (-1) ** (i + j) * torch.linalg.det(strike(a, i, j))  # ? i + j | a, i, j
    adjugate = cofactors.T  # ? T
    return adjugate / volume  # ? adjugate | volume


# %% [markdown] explains="inverse"
# Row $i$ of $A$ times the cofactors of the same row is the determinant, as in the last exercise. Row $i$ times the cofactors of
# *another* row is the determinant of a table with two equal rows, and that is zero. So $A$ times the transposed cofactors has
# the determinant on its diagonal and zeros elsewhere. Divide by the determinant, and what $A$ is multiplied by is its inverse.
#
# This says where the transpose comes from, which is the part that is easily forgotten: a product takes rows on the left and
# columns on the right, so the cofactors of a row have to stand in a column. The size is compared with `tiny`, because a
# determinant of −3 is as far from zero as one of 3.


# %% tests="inverse" points=4
def examples(rng):
    yield checks.example(inverse, {"a": torch.eye(3) + 0.3 * rng.tensor(3, 3), "tiny": 1e-6})


with checks.check("the formula for two by two", hint="swap a and d, negate b and c, divide by ad - bc"):
    checks.close(inverse(torch.tensor([[2.0, 1.0], [4.0, 4.0]]), 1e-4), [[1.0, -0.25], [-1.0, 0.5]], rtol=1e-4)
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("inverses of larger matrices", points=2, hint="adjugate: the cofactor of (i, j) stands at (j, i)"):
    for n in (3, 4, 5, 8):
        left, right = (torch.linalg.qr(rng.tensor(n, n)).Q for _ in range(2))
        sizes = rng.tensor(n, low=0.6, high=2)
        a, back = left @ torch.diag(sizes) @ right, right.T @ torch.diag(1 / sizes) @ left.T
        checks.close(inverse(a, 1e-4), back, rtol=1e-3, atol=1e-4)
with checks.check(
    "a singular matrix is refused, one with a negative determinant is not", hint="the size of the determinant counts"
):
    a = rng.integers(3, 3, low=1, high=5).float()
    checks.raises(ValueError, inverse, torch.stack([a[0], a[1], 2 * a[0] - a[1]]), 1e-2)
    checks.raises(ValueError, inverse, torch.diag(torch.tensor([1.0, 0.0])), 0.0)
    mirror = torch.tensor([[0.0, rng.uniform(1, 2)], [rng.uniform(1, 2), 0.0]])
    checks.close(inverse(mirror, 1e-2), (1 / mirror.T).nan_to_num(posinf=0.0), rtol=1e-4)
    for size in (1e-3, 0.05, -0.05, 50.0, -50.0):  # tiny decides, whatever it is
        flat = torch.diag(torch.tensor([size, 1.0]))
        checks.raises(ValueError, inverse, flat, 2 * abs(size))
        checks.close(inverse(flat, abs(size) / 2), torch.diag(torch.tensor([1 / size, 1.0])), rtol=1e-4)
### END HIDDEN TESTS

# %% [markdown]
# Both formulas are good to know and bad to use. Count the multiplications: the recursion needs about $n!$ of them, so
# a matrix of 20 by 20, with two billion billion of them, would take 77 years at a billion a second. What people really
# do comes next.
#
# **Now you can** write any linear map as a matrix, in any basis, and say by its determinant whether there is a way
# back.
#
# *Further reading:* *Mathematics for Machine Learning*, sections 2.7 (linear maps, change of basis) and 4.1
# (determinant and trace); *Essence of linear algebra*, chapters 3 to 7.
