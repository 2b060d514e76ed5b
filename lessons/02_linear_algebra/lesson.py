# %% [markdown]
# # Arrows, shadows and squeezed digits
# A neural network does two things with its numbers: it multiplies them by matrices, and it bends the result a little.
# This lesson is about the first of the two. You will move pictures about with matrices, take matrices apart in five
# different ways, and at the end pack handwritten digits into a fraction of their numbers and still read them.
#
# **How to read this notebook.** Before you run a cell, say what you expect to see. Then run it and look. Cells that
# read `# YOUR CODE HERE` or `____` are yours; the cell below each of them tells you how far you got. No exercise needs
# your answer to another one, so if one will not come out, go on.

# %% setup
import math

import matplotlib.pyplot as plt
import torch

from course import checks, data

# %% setup
torch.set_num_threads(1)  # our matrices are small: two threads would mostly wait for each other
digits = data.digits()  # 4,000 pictures to learn from, 1,000 to check with
reached: dict[str, float] = {}  # what your code reaches, for a table near the end
three = digits.train_x[digits.train_y == 3][0]
rows, columns = three.gt(0.4).nonzero(as_tuple=True)
ink = torch.stack([columns - 13.5, 13.5 - rows])  # (2, points): x to the right, y upwards


def show(pictures, titles=(), size=1.5):
    """Draw pictures side by side, ink dark on white paper."""
    width = size * len(pictures)
    figure, axes = plt.subplots(1, len(pictures), figsize=(width, size + 0.5), squeeze=False)
    for place, axis in enumerate(axes[0]):
        axis.imshow(pictures[place], cmap="gray_r", vmin=0, vmax=1)
        axis.set_title(titles[place] if titles else "", fontsize=9)
        axis.set_axis_off()
    figure.tight_layout()


def doubles(value):
    """The numbers of a tensor, array or list, in double precision."""
    return torch.as_tensor(value).detach().double()


def arrows(axis, vectors, names=(), limit=None):
    """Draw vectors as arrows from the origin, x and y to the same scale."""
    colours = ["tab:blue", "tab:red", "tab:green", "tab:orange", "tab:purple"]
    for place, vector in enumerate(vectors):
        x, y = (float(part) for part in vector)
        colour = colours[place % 5]
        axis.annotate("", (x, y), (0, 0), arrowprops={"color": colour, "width": 1.5, "headwidth": 7})
        axis.text(x * 1.08, y * 1.08, names[place] if names else "", color=colour)
    limit = limit or 1.3 * max(float(vector.abs().max()) for vector in vectors)
    axis.set(xlim=(-limit, limit), ylim=(-limit, limit), aspect="equal")
    axis.axhline(0, color="lightgrey", linewidth=0.5)
    axis.axvline(0, color="lightgrey", linewidth=0.5)


# %%
machines = {
    "as it was": [[1.0, 0.0], [0.0, 1.0]],
    "turned": [[0.8, -0.6], [0.6, 0.8]],
    "sheared": [[1.0, 0.7], [0.0, 1.0]],
    "mirrored": [[-1.0, 0.0], [0.0, 1.0]],
    "squashed flat": [[0.8, 0.4], [0.4, 0.2]],
}
figure, axes = plt.subplots(1, 5, figsize=(11, 2.4))
for axis, (name, matrix) in zip(axes, machines.items(), strict=True):
    moved = torch.tensor(matrix) @ ink
    axis.scatter(*moved, s=6)
    axis.set(title=f"{name}\n{matrix}", xlim=(-16, 16), ylim=(-16, 16), aspect="equal")
    axis.title.set_fontsize(8)
figure.tight_layout()

# %% [markdown]
# One handwritten three, its ink as dots, and four little tables of numbers that moved every dot. The last one did
# something that the others did not: it pressed the whole plane onto a line, and no table in the world can bring that
# three back. By the end of section 2 you will be able to see it coming from the four numbers.
#
# Change a number in `machines`, say first what will happen, and run the cell again.
#
# ## 1 · Arrows and their shadows
#
# A **vector** is a list of numbers. Draw it as an arrow from the origin and it has a length and a direction. Both are
# hidden in one operation, the **dot product**: multiply number by number, and add up,
#
# $$x \cdot y = \sum_i x_i y_i \qquad\qquad \|x\| = \sqrt{x \cdot x} \qquad\qquad
# \cos\angle(x, y) = \frac{x \cdot y}{\|x\|\,\|y\|}$$
#
# The middle formula is Pythagoras. The right one says how far two arrows agree: 1 means the same direction, 0 a right
# angle, −1 opposite directions. **Predict** the three angles in the picture before you look at the titles.

# %%
pairs = [([3.0, 1.0], [1.0, 3.0]), ([2.0, 1.0], [-1.0, 2.0]), ([2.0, 1.0], [-3.0, -1.0])]
figure, axes = plt.subplots(1, 3, figsize=(9, 3))
for axis, (x, y) in zip(axes, pairs, strict=True):
    arrows(axis, [torch.tensor(x), torch.tensor(y)], ["x", "y"], limit=4)
    cosine = sum(a * b for a, b in zip(x, y, strict=True)) / (math.hypot(*x) * math.hypot(*y))
    axis.set_title(f"cosine {cosine:.2f}, angle {math.degrees(math.acos(cosine)):.0f}°", fontsize=9)
figure.tight_layout()

# %% [markdown]
# ### Exercise: how alike are two arrows?
# difficulty 1/5 · 5 minutes · cards: dot, unit-vector, dot-angle, cauchy-schwarz
#
# Fill the blanks for vectors with any number of entries. `unit` is the arrow with the direction of `x` and length 1.
# The angle is in degrees.


# %% solution="compare"
def compare(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The dot product, x at length one, the cosine, and the angle in degrees, of two vectors (n,)."""
    dot = (x * y).sum()  # ? x * y | sum()
    length_x = (x * x).sum().sqrt()  # ? sqrt()
    length_y = (y * y).sum().sqrt()  # ? sqrt()
    unit = x / length_x  # ? x / length_x
    cosine = dot / (length_x * length_y)  # ? length_x * length_y
    angle = torch.rad2deg(torch.acos(cosine))  # ? acos
    return dot, unit, cosine, angle


# %% tests="compare" points=4
with checks.check("3, 4 against 4, 3", hint="which of the three is wrong? compare its line with its formula above"):
    dot, unit, cosine, _ = compare(torch.tensor([3.0, 4.0]), torch.tensor([4.0, 3.0]))
    checks.close(dot, 24.0, what="dot product")
    checks.close(unit, [0.6, 0.8], what="unit vector")
    checks.close(cosine, 0.96, what="cosine")
### BEGIN HIDDEN TESTS
rng = checks.rng()
n = rng.integer(4, 9)
x, y = rng.tensor(n), rng.tensor(n)
slow = sum(a * b for a, b in zip(x.tolist(), y.tolist(), strict=True))
with checks.check("dot product and cosine of any vectors", hint="the cosine divides by both lengths"):
    dot, _, cosine, _ = compare(x, y)
    lengths = math.hypot(*x.tolist()) * math.hypot(*y.tolist())
    checks.close(dot, slow, rtol=1e-4, atol=1e-5, what="dot product")
    checks.close(cosine, slow / lengths, rtol=1e-4, atol=1e-5, what="cosine")
with checks.check("a unit vector has length 1 and the old direction", hint="divide by the length of the vector"):
    length = math.hypot(*x.tolist())
    checks.close(compare(x, y)[1], [value / length for value in x.tolist()], rtol=1e-4)
with checks.check("angles of arrows that were drawn by angle", hint="degrees; acos undoes the cosine"):
    start, between = rng.uniform(0, 360), rng.uniform(20, 160)
    one, other = (
        torch.tensor([math.cos(math.radians(a)), math.sin(math.radians(a))]) for a in (start, start + between)
    )
    checks.close(compare(one * rng.uniform(0.5, 3), other * rng.uniform(0.5, 3))[3], between, rtol=1e-3)
### END HIDDEN TESTS


# %% right="compare: by the library"
def compare(x, y):
    dot = torch.dot(x, y)
    length_x, length_y = torch.linalg.vector_norm(x), y.norm()
    cosine = torch.cosine_similarity(x, y, dim=0)
    return dot, x / length_x, cosine, torch.acos(dot / length_x / length_y) * 180 / math.pi


# %% right="compare: in plain Python numbers"
def compare(x, y):
    x, y = x.tolist(), y.tolist()
    dot = sum(a * b for a, b in zip(x, y, strict=True))
    length_x, length_y = math.sqrt(sum(a * a for a in x)), math.sqrt(sum(b * b for b in y))
    cosine = dot / (length_x * length_y)
    return dot, [a / length_x for a in x], cosine, math.degrees(math.acos(cosine))


# %% wrong="compare: forgets to add up"
def compare(x, y):
    dot = x * y
    length_x, length_y = (x * x).sum().sqrt(), (y * y).sum().sqrt()
    cosine = dot / (length_x * length_y)
    return dot, x / length_x, cosine, torch.rad2deg(torch.acos(cosine))


# %% wrong="compare: forgets the root"
def compare(x, y):
    dot = (x * y).sum()
    length_x, length_y = (x * x).sum(), (y * y).sum()
    cosine = dot / (length_x * length_y)
    return dot, x / length_x, cosine, torch.rad2deg(torch.acos(cosine))


# %% wrong="compare: divides by one length only"
def compare(x, y):
    dot = (x * y).sum()
    length_x = (x * x).sum().sqrt()
    cosine = dot / length_x
    return dot, x / length_x, cosine, torch.rad2deg(torch.acos(cosine))


# %% wrong="compare: angle in radians"
def compare(x, y):
    dot = (x * y).sum()
    length_x, length_y = (x * x).sum().sqrt(), (y * y).sum().sqrt()
    cosine = dot / (length_x * length_y)
    return dot, x / length_x, cosine, torch.acos(cosine)


# %% wrong="compare: divides by the largest entry"
def compare(x, y):
    dot = (x * y).sum()
    length_x, length_y = (x * x).sum().sqrt(), (y * y).sum().sqrt()
    cosine = dot / (length_x * length_y)
    return dot, x / x.abs().max(), cosine, torch.rad2deg(torch.acos(cosine))


# %% [markdown]
# A cosine never leaves −1 … 1, which means $|x \cdot y| \le \|x\|\,\|y\|$: the **Cauchy–Schwarz inequality**, with
# equality only when one arrow is a multiple of the other. It holds for any number of entries, so we may speak of the
# angle between two *pictures*. **Predict:** how far in angle is our three from the most similar other three, and from
# the most similar eight?

# %%
flat = digits.train_x.flatten(1)
angle_to = torch.rad2deg(torch.acos(torch.cosine_similarity(flat, three.flatten()[None]).clamp(-1, 1)))
others = angle_to > 1  # not the picture itself
for digit in range(10):
    print(f"from our three to the nearest {digit}: {angle_to[(digits.train_y == digit) & others].min():.0f}°")

# %% [markdown]
# The most similar three is far ahead. To look for the most similar picture and copy its label is already a classifier,
# and you will see at the end that it is not a bad one.
#
# Length is not the only way to say how big a vector is. A **norm** is any measure that is zero for the zero vector
# alone, doubles when the vector doubles, and never makes a detour shorter than the straight way:
# $\|x\| \ge 0$, $\|x\| = 0$ only for $x = 0$, $\|c\,x\| = |c|\,\|x\|$, $\|x + y\| \le \|x\| + \|y\|$. The most used
# family is the $p$-norm
#
# $$\|x\|_p = \Bigl(\sum_i |x_i|^p\Bigr)^{1/p}, \quad p \ge 1 \qquad\qquad \|x\|_\infty = \max_i |x_i|$$
#
# Here are all the points of length one. **Predict** which curve belongs to which $p$.

# %%
turn = torch.linspace(0, 2 * math.pi, 400)
circle = torch.stack([turn.cos(), turn.sin()])
figure, axis = plt.subplots(figsize=(3.6, 3.6))
for p in (1, 1.5, 2, 4, math.inf):
    axis.plot(*(circle / torch.linalg.vector_norm(circle, p, dim=0)), label=f"p = {p}")
axis.set(aspect="equal", title="all x with norm 1")
axis.legend(fontsize=8)
figure.tight_layout()

# %% [markdown]
# ### Exercise: norms
# difficulty 2/5 · 8 minutes · cards: norm, norm-axioms, p-norm, frobenius
#
# Write the $p$-norm of a vector for any $p \ge 1$, `math.inf` included. Then the **Frobenius norm** of a matrix: the
# length that it has as one long vector. It has a second formula, $\sqrt{\operatorname{tr}(A^\top A)}$, where the
# trace is the sum of the diagonal. Use whichever you like, and see for yourself that they agree.
#
# hint: The absolute value comes before the power. What would an odd power do to a negative entry?


# %% solution="norms"
def p_norm(x: torch.Tensor, p: float) -> torch.Tensor:
    """The p-norm of a vector (n,), for p from 1 to math.inf."""
    ### BEGIN SOLUTION
    if p == math.inf:
        return x.abs().max()
    return x.abs().pow(p).sum().pow(1 / p)
    ### END SOLUTION


def frobenius(a: torch.Tensor) -> torch.Tensor:
    """The Frobenius norm of a matrix (rows, columns)."""
    ### BEGIN SOLUTION
    return a.square().sum().sqrt()
    ### END SOLUTION


# %% tests="norms" points=5
with checks.check("3, −4 in three norms", hint="1-norm: add the sizes; 2-norm and Frobenius: Pythagoras"):
    x = torch.tensor([3.0, -4.0])
    checks.close(p_norm(x, 1), 7.0, what="1-norm")
    checks.close(p_norm(x, 2), 5.0, what="2-norm")
    checks.close(frobenius(torch.tensor([[3.0], [-4.0]])), 5.0, what="Frobenius norm of the column 3, −4")
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("any p, odd or not whole", hint="the size of each entry, the power, the sum, the root of it"):
    x = rng.tensor(rng.integer(4, 8))
    for p in (3, rng.uniform(1.1, 5)):
        checks.close(p_norm(x, p), sum(abs(v) ** p for v in x.tolist()) ** (1 / p), rtol=1e-4)
with checks.check("the norm for p = inf", hint="the largest size, whatever its sign"):
    x = torch.cat([rng.tensor(5), torch.tensor([-rng.uniform(5, 9)])])
    checks.close(p_norm(x, math.inf), -x.min())
with checks.check("Frobenius norm of matrices that are not square", points=2, hint="how many entries take part?"):
    a = rng.tensor(rng.integer(2, 3), rng.integer(4, 6))
    for matrix in (a, a.T):
        checks.close(frobenius(matrix), math.sqrt(sum(v * v for row in a.tolist() for v in row)), rtol=1e-4)
### END HIDDEN TESTS


# %% right="norms: by the library"
def p_norm(x, p):
    return torch.linalg.vector_norm(x, ord=p)


def frobenius(a):
    return torch.linalg.matrix_norm(a)


# %% right="norms: by loops"
def p_norm(x, p):
    sizes = [abs(value) for value in x.tolist()]
    if math.isinf(p):
        return max(sizes)
    return sum(size**p for size in sizes) ** (1 / p)


def frobenius(a):
    return (a.T @ a).trace().sqrt()


# %% wrong="norms: forgets the sizes"
def p_norm(x, p):
    if p == math.inf:
        return x.abs().max()
    return x.pow(p).sum().pow(1 / p)


def frobenius(a):
    return (a.T @ a).trace().sqrt()


# %% wrong="norms: always takes the square root"
def p_norm(x, p):
    if p == math.inf:
        return x.abs().max()
    return x.abs().pow(p).sum().sqrt()


def frobenius(a):
    return (a.T @ a).trace().sqrt()


# %% wrong="norms: largest entry instead of largest size"
def p_norm(x, p):
    if p == math.inf:
        return x.max()
    return x.abs().pow(p).sum().pow(1 / p)


def frobenius(a):
    return (a.T @ a).trace().sqrt()


# %% wrong="norms: Frobenius by the diagonal alone"
def p_norm(x, p):
    if p == math.inf:
        return x.abs().max()
    return x.abs().pow(p).sum().pow(1 / p)


def frobenius(a):
    return a.diagonal().square().sum().sqrt()


# %% wrong="norms: adds up all of the product"
def p_norm(x, p):
    if p == math.inf:
        return x.abs().max()
    return x.abs().pow(p).sum().pow(1 / p)


def frobenius(a):
    return (a.T @ a).sum().sqrt()


# %% [markdown]
# Now let light fall at a right angle onto the line through an arrow $a$. An arrow $x$ throws a **shadow** on that
# line: its **projection**, the point of the line that is nearest to $x$. What is left of $x$ stands at a right angle
# to $a$. This one picture is the idea behind Gram–Schmidt, least squares and PCA.
#
# $$\text{shadow} = \frac{x \cdot a}{a \cdot a}\, a$$

# %%
a, x = torch.tensor([4.0, 1.0]), torch.tensor([1.5, 3.0])
foot = 9 / 17 * a  # x · a is 9, a · a is 17
figure, axis = plt.subplots(figsize=(4, 4))
arrows(axis, [a, x, foot], ["a", "x", ""], limit=4.8)
axis.text(1.2, -0.4, "shadow", color="tab:green")
axis.plot(*torch.stack([x, foot], dim=1), "k--", linewidth=1)
axis.set(ylim=(-1, 4))
figure.tight_layout()

# %% [markdown]
# ### Exercise: a shadow and what is left
# difficulty 2/5 · 5 minutes · cards: projection-line, orthogonal
#
# Fill the blanks. `a` may have any length but zero: why does the formula divide by $a \cdot a$, and not by $\|a\|$?


# %% solution="project"
def project(x: torch.Tensor, a: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The projection of x (n,) on the line through a (n,), and the rest of x."""
    share = (x * a).sum() / (a * a).sum()  # ? (x * a).sum() | (a * a).sum()
    shadow = share * a  # ? share * a
    rest = x - shadow  # ? x - shadow
    return shadow, rest


# %% tests="project" points=3
with checks.check(
    "on the first axis the shadow is the first entry", hint="a longer a has the same line; shadow and rest make up x"
):
    shadow, rest = project(torch.tensor([2.0, 3.0]), torch.tensor([4.0, 0.0]))
    checks.close(shadow, [2.0, 0.0], what="shadow")
    checks.close(rest, [0.0, 3.0], what="rest")
### BEGIN HIDDEN TESTS
rng = checks.rng()
n = rng.integer(3, 7)
x, a = rng.tensor(n), rng.tensor(n) * rng.uniform(2, 4)
with checks.check(
    "the nearest point of the line, for any length of a", hint="divide by the dot product of a with itself"
):
    nearest = torch.linalg.lstsq(a[:, None].double(), x[:, None].double()).solution[0, 0]
    checks.close(project(x, a)[0], nearest * a.double(), rtol=1e-4, atol=1e-5)
with checks.check("the rest stands at a right angle, and nothing is lost", hint="shadow and rest add up to x"):
    shadow, rest = (doubles(part) for part in project(x, a))
    checks.close(shadow + rest, x, rtol=1e-4, atol=1e-5, what="shadow + rest")
    checks.close(rest @ a.double() / a.norm(), 0.0, atol=1e-4, what="rest · a / |a|")
    checks.true(bool(shadow.norm() <= x.norm() * 1.0001), "the shadow is longer than the arrow")
### END HIDDEN TESTS


# %% right="project: by a unit vector"
def project(x, a):
    unit = a / a.norm()
    shadow = torch.dot(unit, x) * unit
    return shadow, x - shadow


# %% right="project: by the projection matrix"
def project(x, a):
    matrix = torch.outer(a, a) / a.dot(a)
    return matrix @ x, (torch.eye(len(a)) - matrix) @ x


# %% wrong="project: divides by the length only"
def project(x, a):
    shadow = (x @ a) / a.norm() * a
    return shadow, x - shadow


# %% wrong="project: on the other one"
def project(x, a):
    shadow = (x @ a) / (x @ x) * x
    return shadow, x - shadow


# %% wrong="project: divides by x with itself"
def project(x, a):
    shadow = (x @ a) / (x @ x) * a
    return shadow, x - shadow


# %% wrong="project: forgets that a may be long"
def project(x, a):
    shadow = (x @ a) * a
    return shadow, x - shadow


# %% wrong="project: the rest the wrong way round"
def project(x, a):
    shadow = (x @ a) / (a @ a) * a
    return shadow, shadow - x


# %% [markdown]
# Here is a shadow that you can read. Take the mean seven as the arrow $a$, throw a few digits' shadows on it, and
# look at what is left: the ink that a seven does not explain. Strokes that a seven has too became lighter.

# %%
mean_seven = digits.train_x[digits.train_y == 7].mean(dim=0)
examples = [digits.train_x[digits.train_y == digit][1] for digit in (7, 9, 0)]
parts = [project(picture.flatten(), mean_seven.flatten()) for picture in examples]
pictures = [part.reshape(28, 28) for picture, pair in zip(examples, parts, strict=True) for part in (picture, *pair)]
show([picture.clamp(0, 1) for picture in pictures], ["picture", "shadow", "rest"] * 3, size=1.2)

# %% [markdown]
# ## 2 · A matrix is where the axes go
#
# The machines of the first picture have something in common: straight lines stay straight, the origin stays put, and
# evenly spaced dots stay evenly spaced. Such a map is called **linear**. In symbols: $f(x + y) = f(x) + f(y)$ and
# $f(c\,x) = c\,f(x)$.
#
# From this follows something remarkable. Every vector is a mix of the **standard basis** $e_1 = (1, 0, …)$,
# $e_2 = (0, 1, 0, …)$ and so on: $x = x_1 e_1 + x_2 e_2 + …$ So $f(x) = x_1 f(e_1) + x_2 f(e_2) + …$: if you know
# where the basis vectors go, you know where everything goes. Write these images side by side as columns and you have
# the **matrix** of $f$, and $f(x)$ is the matrix times $x$. **Predict** the two columns for a turn by 90° to the
# left.
#
# ### Exercise: the matrix of a map
# difficulty 2/5 · 8 minutes · cards: linear-map, matrix-columns, standard-basis, compose
#
# You get a linear function `f` that takes one vector of length `n` at a time; nothing else is known. Find its matrix
# by asking it the right `n` questions. The answers may be shorter or longer than `n`: a matrix that is not square
# takes vectors from one space into another one.
#
# hint: `torch.eye(n)` has the standard basis as its rows. `torch.stack(vectors, dim=1)` makes vectors into columns.


# %% solution="matrix_of"
def matrix_of(f, n: int) -> torch.Tensor:
    """The matrix (m, n) of a linear function f from vectors (n,) to vectors (m,)."""
    ### BEGIN SOLUTION
    return torch.stack([f(axis) for axis in torch.eye(n)], dim=1)
    ### END SOLUTION


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
        return torch.cat([x.to(rows.dtype), torch.stack([torch.dot(row, x.to(rows.dtype)) for row in rows])])

    kinds = {"sums": sums, "neighbours": neighbours, "readings": readings}

    def f(x):
        if x.ndim != 1:
            raise ValueError(f"f takes one vector of length {n}, not a tensor of shape {tuple(x.shape)}")
        for kind, numbers in steps:
            x = kinds[kind](x, numbers)
        return x

    return matrix_of(f, n)


def matrix(kind, numbers, n):
    """The matrix of one of these steps, for vectors of length n."""
    eye = torch.eye(n)
    if kind == "sums":
        return torch.ones(n, n).tril()
    return numbers[0] * eye[:-1] + numbers[1] * eye[1:] if kind == "neighbours" else torch.cat([eye, numbers])


with checks.check("a quarter turn to the left", hint="the image of the first axis is the first column"):
    checks.close(checks.there(quarter_turn, matrix_of), [[0.0, -1.0], [1.0, 0.0]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
n = rng.integer(4, 6)
mix, rows = rng.tensor(2), rng.tensor(2, n)
with checks.check("running sums", hint="which entries of x does the k-th running sum contain?"):
    checks.close(checks.there(asked, matrix_of, [("sums", None)], n), matrix("sums", None, n))
with checks.check("maps between spaces of different size", hint="ask f for the image of every standard basis vector"):
    for step in (("neighbours", mix), ("readings", rows)):
        checks.close(checks.there(asked, matrix_of, [step], n), matrix(*step, n), rtol=1e-4, atol=1e-5)
with checks.check("one map after another", hint="an image for every axis, in the order of the axes"):
    steps = [("readings", rows), ("sums", None), ("neighbours", mix)]
    found = checks.there(asked, matrix_of, steps, n)
    together = matrix("neighbours", mix, n + 2) @ matrix("sums", None, n + 2) @ matrix("readings", rows, n)
    checks.close(found, together, rtol=1e-3, atol=1e-4)
### END HIDDEN TESTS


# %% right="matrix_of: column by column"
def matrix_of(f, n):
    columns = []
    for place in range(n):
        axis = torch.zeros(n)
        axis[place] = 1.0
        columns.append(f(axis)[:, None])
    return torch.cat(columns, dim=1)


# %% right="matrix_of: rows, then transposed"
def matrix_of(f, n):
    images = [list(f(axis)) for axis in torch.eye(n)]
    return torch.tensor(images).T


# %% right="matrix_of: all questions at once, by vmap"
def matrix_of(f, n):
    return torch.vmap(f)(torch.eye(n)).T


# %% right="matrix_of: a linear map is its own derivative"
def matrix_of(f, n):
    return torch.autograd.functional.jacobian(f, torch.zeros(n))


# %% wrong="matrix_of: asks with a matrix, where f takes vectors"
def matrix_of(f, n):
    return f(torch.eye(n))


# %% wrong="matrix_of: images as rows"
def matrix_of(f, n):
    return torch.stack([f(axis) for axis in torch.eye(n)])


# %% wrong="matrix_of: asks one question only"
def matrix_of(f, n):
    return torch.stack([f(torch.ones(n))] * n, dim=1)


# %% wrong="matrix_of: axes in the wrong order"
def matrix_of(f, n):
    return torch.stack([f(axis) for axis in torch.eye(n).flip(0)], dim=1)


# %% wrong="matrix_of: one long column"
def matrix_of(f, n):
    return torch.cat([f(axis) for axis in torch.eye(n)])


# %% [markdown]
# The last check did one map after another, and found the product of the two matrices: that is what a **matrix
# product** is, and why it has such an odd rule. The map on the right acts first. Turning and then shearing is not the
# same as shearing and then turning, so $AB$ and $BA$ differ. When you transpose a product, the order flips:
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
# as a **basis**, and then every vector has other numbers, its **coordinates**: how much of each basis vector it
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
# Fill the blanks. The columns of `basis` need not stand at right angles.
#
# hint: To find coordinates means to solve $B c = x$ for $c$. `torch.linalg.solve(matrix, right_side)` does that.


# %% solution="in_basis"
def in_basis(a: torch.Tensor, x: torch.Tensor, basis: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The coordinates of x (n,), and the matrix of the map a (n, n), in the basis of these columns (n, n)."""
    coordinates = torch.linalg.solve(basis, x)  # ? linalg.solve | basis, x
    to_basis = torch.linalg.inv(basis)  # ? inv(basis)
    matrix = to_basis @ a @ basis  # ? to_basis @ a @ basis
    return coordinates, matrix


# %% tests="in_basis" points=4
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
    "coordinates in any basis", hint="only for a basis of right angles and unit lengths is the inverse the transpose"
):
    mix = rng.tensor(n)
    checks.close(in_basis(rng.tensor(n, n), basis @ mix, basis)[0], mix, rtol=1e-3, atol=1e-4)
with checks.check("a map in any basis", hint="the order of the three matrices matters"):
    a = rng.tensor(n, n)
    checks.close(in_basis(a, rng.tensor(n), basis)[1], back @ a @ basis, rtol=1e-3, atol=1e-4)
### END HIDDEN TESTS


# %% right="in_basis: solves for both"
def in_basis(a, x, basis):
    return torch.linalg.solve(basis, x[:, None])[:, 0], torch.linalg.solve(basis, a @ basis)


# %% right="in_basis: the inverse for both"
def in_basis(a, x, basis):
    inverse = torch.inverse(basis)
    return inverse @ x, inverse @ (a @ basis)


# %% wrong="in_basis: transpose instead of inverse"
def in_basis(a, x, basis):
    return basis.T @ x, basis.T @ a @ basis


# %% wrong="in_basis: translates the wrong way"
def in_basis(a, x, basis):
    return torch.linalg.solve(basis, x), basis @ a @ torch.linalg.inv(basis)


# %% wrong="in_basis: coordinates from the rows"
def in_basis(a, x, basis):
    return torch.linalg.solve(basis.T, x), torch.linalg.inv(basis) @ a @ basis


# %% wrong="in_basis: multiplies instead of solving"
def in_basis(a, x, basis):
    return basis @ x, torch.linalg.inv(basis) @ a @ basis


# %% wrong="in_basis: forgets to translate back"
def in_basis(a, x, basis):
    return torch.linalg.solve(basis, x), a @ basis


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
# An area of zero means that the plane was pressed onto a line or a point: two arrows now have the same image, and
# nothing can tell them apart again. A square matrix with determinant 0 is **singular**; it has no inverse.
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


# %% solution="determinant"
def determinant(a: torch.Tensor) -> torch.Tensor:
    """The determinant of a square matrix (n, n), by cofactors along the first row."""
    ### BEGIN SOLUTION
    if len(a) == 1:
        return a[0, 0]
    return sum((-1) ** k * a[0, k] * determinant(strike(a, 0, k)) for k in range(len(a)))
    ### END SOLUTION


# %% tests="determinant" points=4
with checks.check("one entry, and two by two", hint="for two by two: ad - bc"):
    checks.close(determinant(torch.tensor([[-3.0]])), -3.0)
    checks.close(determinant(torch.tensor([[1.0, 2.0], [3.0, 4.0]])), -2.0)
with checks.check("the unit cube has volume 1"):
    checks.close(determinant(torch.eye(3)), 1.0)
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("any matrix up to five by five", hint="strike row 0 and the column of the entry; signs alternate"):
    for n in (2, 3, 4, 5):
        a = rng.tensor(n, n)
        checks.close(determinant(a), torch.linalg.det(a.double()), rtol=1e-3, atol=1e-3)
with checks.check("two equal columns enclose no volume", hint="do you strike the right column?"):
    a = rng.integers(4, 4, low=-4, high=4).float()
    checks.close(determinant(a[:, [0, 1, 2, 1]]), 0.0, atol=1e-2)
### END HIDDEN TESTS


# %% right="determinant: down the first column, from two by two"
def determinant(a):
    if len(a) == 1:
        return a[0, 0]
    if len(a) == 2:
        return a[0, 0] * a[1, 1] - a[0, 1] * a[1, 0]
    total = 0.0
    for k in range(len(a)):
        sign = 1 if k % 2 == 0 else -1
        total = total + sign * a[k, 0] * determinant(strike(a, k, 0))
    return total


# %% right="determinant: in Python numbers"
def determinant(a):
    if a.shape[0] == 1:
        return a.item()
    signs = [1, -1] * len(a)
    return sum(signs[k] * a[0, k].item() * determinant(strike(a, 0, k)) for k in range(len(a)))


# %% right="determinant: down to the empty table"
def determinant(a):
    if len(a) == 0:
        return 1
    return sum((-1) ** k * a[0, k] * determinant(strike(a, 0, k)) for k in range(len(a)))


# %% wrong="determinant: all signs plus"
def determinant(a):
    if len(a) == 1:
        return a[0, 0]
    return sum(a[0, k] * determinant(strike(a, 0, k)) for k in range(len(a)))


# %% wrong="determinant: signs the other way round"
def determinant(a):
    if len(a) == 1:
        return a[0, 0]
    return sum((-1) ** (k + 1) * a[0, k] * determinant(strike(a, 0, k)) for k in range(len(a)))


# %% wrong="determinant: the product of the diagonal"
def determinant(a):
    return a.diagonal().prod()


# %% wrong="determinant: only the larger diagonals, which ends at three by three"
def determinant(a):
    n = len(a)
    if n == 1:
        return a[0, 0]
    if n == 2:
        return a[0, 0] * a[1, 1] - a[0, 1] * a[1, 0]
    total = 0.0
    for k in range(n):
        down = math.prod(a[i, (k + i) % n].item() for i in range(n))
        up = math.prod(a[i, (k - i) % n].item() for i in range(n))
        total += down - up
    return total


# %% wrong="determinant: strikes the same column every time"
def determinant(a):
    if len(a) == 1:
        return a[0, 0]
    return sum((-1) ** k * a[0, k] * determinant(strike(a, 0, 0)) for k in range(len(a)))


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
# Fill the blanks. Here `torch.linalg.det` is there to help. A singular matrix must end in a `ValueError`. (With rounded
# numbers a determinant is hardly ever exactly zero, so we ask whether its size is at most `tiny`.)


# %% solution="inverse"
def inverse(a: torch.Tensor, tiny: float) -> torch.Tensor:
    """The inverse of a square matrix (n, n), by its adjugate; ValueError when |det| is at most tiny."""
    n, volume = len(a), torch.linalg.det(a)
    if abs(volume) <= tiny:  # ? abs(volume)
        raise ValueError("this matrix is singular")  # ? ValueError
    cofactors = torch.empty(n, n)
    for i in range(n):
        for j in range(n):
            cofactors[i, j] = (-1) ** (i + j) * torch.linalg.det(strike(a, i, j))  # ? i + j | a, i, j
    adjugate = cofactors.T  # ? T
    return adjugate / volume  # ? adjugate | volume


# %% tests="inverse" points=4
with checks.check("the formula for two by two", hint="swap a and d, negate b and c, divide by ad - bc"):
    checks.close(inverse(torch.tensor([[2.0, 1.0], [4.0, 4.0]]), 1e-4), [[1.0, -0.25], [-1.0, 0.5]], rtol=1e-4)
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("inverses of larger matrices", points=2, hint="adjugate: the cofactor of (i, j) stands at (j, i)"):
    for n in (3, 4, 5):
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
### END HIDDEN TESTS


# %% equivalent="inverse: minus one to an even power is the same for i + j and i - j"
# - cofactors[i, j] = (-1) ** (i + j) * torch.linalg.det(strike(a, i, j))
# + cofactors[i, j] = (-1) ** (i - j) * torch.linalg.det(strike(a, i, j))


# %% right="inverse: by solving"
def inverse(a, tiny):
    if torch.linalg.det(a).abs() <= tiny:
        raise ValueError("singular")
    return torch.linalg.solve(a, torch.eye(len(a)))


# %% right="inverse: cofactors as nested lists"
def inverse(a, tiny):
    n, volume = len(a), float(torch.linalg.det(a))
    if -tiny <= volume <= tiny:
        raise ValueError("the volume is zero")
    return [[(-1) ** (i + j) * float(torch.linalg.det(strike(a, j, i))) / volume for j in range(n)] for i in range(n)]


# %% wrong="inverse: forgets to transpose"
def inverse(a, tiny):
    n, volume = len(a), torch.linalg.det(a)
    if abs(volume) <= tiny:
        raise ValueError("this matrix is singular")
    cofactors = torch.empty(n, n)
    for i in range(n):
        for j in range(n):
            cofactors[i, j] = (-1) ** (i + j) * torch.linalg.det(strike(a, i, j))
    return cofactors / volume


# %% wrong="inverse: forgets the signs"
def inverse(a, tiny):
    n, volume = len(a), torch.linalg.det(a)
    if abs(volume) <= tiny:
        raise ValueError("this matrix is singular")
    cofactors = torch.empty(n, n)
    for i in range(n):
        for j in range(n):
            cofactors[i, j] = torch.linalg.det(strike(a, i, j))
    return cofactors.T / volume


# %% wrong="inverse: the adjugate alone"
def inverse(a, tiny):
    n, volume = len(a), torch.linalg.det(a)
    if abs(volume) <= tiny:
        raise ValueError("this matrix is singular")
    cofactors = torch.empty(n, n)
    for i in range(n):
        for j in range(n):
            cofactors[i, j] = (-1) ** (i + j) * torch.linalg.det(strike(a, i, j))
    return cofactors.T


# %% wrong="inverse: takes a mirror for singular"
def inverse(a, tiny):
    if torch.linalg.det(a) <= tiny:
        raise ValueError("this matrix is singular")
    return torch.linalg.inv(a)


# %% wrong="inverse: never refuses"
def inverse(a, tiny):
    return torch.linalg.pinv(a)


# %% [markdown]
# Both formulas are good to know and bad to use. Count the multiplications: the recursion needs about $n!$ of them, so
# a table of 20 by 20, with two billion billion of them, would take 77 years at a billion a second. What people really
# do comes next.
#
# ## 3 · Independent, or not
#
# Vectors are **linearly independent** when none of them is a mix of the others. All the mixes that can be made of
# some vectors form their **span**: of two arrows a plane, or only a line when one is a multiple of the other. A span
# is a **subspace**: it contains zero, and you cannot leave it by adding or scaling. The number of independent columns
# of a matrix is its **rank**.
#
# How do you find out? Take the columns one after the other and remove the shadows on what you have already. If
# something is left, it is a new direction: make its length 1 and keep it. If nothing is left, the column was a mix of
# those before. This is the **Gram–Schmidt** process, and what it collects is an **orthonormal** basis of the span:
# right angles and unit lengths. In the picture it takes the blue arrow first, then the red one.

# %%
one, two = torch.tensor([3.0, 1.0]), torch.tensor([2.0, 3.0])
rest = two - (one @ two) / (one @ one) * one
figure, axes = plt.subplots(1, 3, figsize=(9, 3))
arrows(axes[0], [one, two], ["first", "second"], limit=3.6)
arrows(axes[1], [one, rest], ["first", "what is left"], limit=3.6)
arrows(axes[2], [one / one.norm(), rest / rest.norm()], ["q1", "q2"], limit=1.4)
figure.tight_layout()

# %% [markdown]
# ### Exercise: Gram–Schmidt
# difficulty 4/5 · 12 minutes · cards: independence, span, rank, gram-schmidt, qr
#
# Return the collected unit vectors as columns of one matrix, in the order of the columns that they came from. Skip a
# column when the length of what is left is at most `tiny` times the length of the column. (With rounded numbers,
# nothing is never quite nothing.)
#
# hint: The vectors that you have collected are unit vectors at right angles, so the shadow on each is `(q @ x) * q`,
# and you may take the shadows away one after the other.


# %% solution="gram_schmidt"
def gram_schmidt(a: torch.Tensor, tiny: float) -> torch.Tensor:
    """An orthonormal basis (rows, rank) of the span of the columns of a (rows, columns), which has at least one."""
    ### BEGIN SOLUTION
    basis = []
    for column in a.T:
        rest = column
        for q in basis:
            rest = rest - (q * rest).sum() * q
        if rest.norm() > tiny * column.norm():
            basis.append(rest / rest.norm())
    return torch.stack(basis, dim=1)
    ### END SOLUTION


# %% tests="gram_schmidt" points=5
with checks.check("two arrows in the plane", hint="take the shadow on the first away from the second, then scale"):
    checks.close(gram_schmidt(torch.tensor([[3.0, 1.0], [4.0, 0.0]]), 1e-4), [[0.6, 0.8], [0.8, -0.6]], rtol=1e-4)
with checks.check("a multiple adds no direction", hint="what is left of the second column?"):
    checks.shape(gram_schmidt(torch.tensor([[1.0, 2.0], [1.0, 2.0]]), 1e-4), 2, 1)
### BEGIN HIDDEN TESTS
rng = checks.rng()
n, k = rng.integer(5, 7), rng.integer(3, 4)
q = torch.linalg.qr(rng.tensor(n, k)).Q
# No bad luck here: over 20,000 draws rounding used up less than 1 % of the tolerance.
mix = rng.tensor(k, k).triu(1) + torch.diag(rng.tensor(k, low=0.5, high=2))
a = q @ mix
with checks.check("right angles, unit lengths, in order", hint="every earlier direction has to be taken away"):
    checks.close(gram_schmidt(a, 1e-3), q, rtol=1e-3, atol=1e-3)
with checks.check(
    "mixes of earlier columns and zeros are left out", hint="measure what is left against the column itself"
):
    mixed = [a[:, 0], a[:, 0] * -3, a[:, 1], torch.zeros(n), a[:, 1] + 2 * a[:, 0], *a[:, 2:].T, a.sum(dim=1)]
    checks.close(gram_schmidt(torch.stack(mixed, dim=1), 1e-3), q, rtol=1e-3, atol=1e-3)
with checks.check("short columns count, long ones may be mixes", hint="tiny is a share of the column's length"):
    scales = torch.tensor([1.0, 1e-4, 1e4, 1.0])[:k]
    checks.close(gram_schmidt(a * scales, 1e-2), q, rtol=1e-3, atol=1e-3)
    nearly = torch.stack([q[:, 0], 100 * q[:, 0] + q[:, 1]], dim=1)
    checks.shape(gram_schmidt(nearly, 0.05), n, 1)
### END HIDDEN TESTS


# %% right="gram_schmidt: all shadows at once"
def gram_schmidt(a, tiny):
    basis = torch.zeros(len(a), 0)
    for place in range(a.shape[1]):
        column = a[:, place]
        rest = column - basis @ (basis.T @ column)
        length = torch.linalg.vector_norm(rest)
        if length <= tiny * torch.linalg.vector_norm(column):
            continue
        basis = torch.cat([basis, (rest / length)[:, None]], dim=1)
    return basis


# %% right="gram_schmidt: scales the columns first, in double precision"
def gram_schmidt(a, tiny):
    basis = []
    for column in a.double().T:
        if not column.any():
            continue
        unit = column / column.norm()
        for q in basis:
            unit = unit - torch.dot(q, unit) * q
        if unit.norm() > tiny:
            basis.append(unit / unit.norm())
    return torch.stack(basis).T


# %% right="gram_schmidt: all shadows of the column itself"
def gram_schmidt(a, tiny):
    basis = []
    for column in a.T:
        rest = column - sum((torch.dot(q, column) * q for q in basis), torch.zeros_like(column))
        if rest.norm() / column.norm() > tiny:
            basis.append(torch.nn.functional.normalize(rest, dim=0))
    return torch.column_stack(basis)


# %% wrong="gram_schmidt: only takes away the last direction"
def gram_schmidt(a, tiny):
    basis = []
    for column in a.T:
        rest = column
        for q in basis[-1:]:
            rest = rest - (q @ rest) * q
        if rest.norm() > tiny * column.norm():
            basis.append(rest / rest.norm())
    return torch.stack(basis, dim=1)


# %% wrong="gram_schmidt: forgets unit lengths"
def gram_schmidt(a, tiny):
    basis = []
    for column in a.T:
        rest = column
        for q in basis:
            rest = rest - (q @ rest) / (q @ q) * q
        if rest.norm() > tiny * column.norm():
            basis.append(rest)
    return torch.stack(basis, dim=1)


# %% wrong="gram_schmidt: takes the rows"
def gram_schmidt(a, tiny):
    basis = []
    for column in a:
        rest = column
        for q in basis:
            rest = rest - (q @ rest) * q
        if rest.norm() > tiny * column.norm():
            basis.append(rest / rest.norm())
    return torch.stack(basis, dim=1)


# %% wrong="gram_schmidt: keeps every column"
def gram_schmidt(a, tiny):
    return torch.linalg.qr(a).Q


# %% wrong="gram_schmidt: tiny as a length instead of a share"
def gram_schmidt(a, tiny):
    basis = []
    for column in a.T:
        rest = column
        for q in basis:
            rest = rest - (q @ rest) * q
        if rest.norm() > tiny:
            basis.append(rest / rest.norm())
    return torch.stack(basis, dim=1)


# %% wrong="gram_schmidt: takes shadows on the columns as they were"
def gram_schmidt(a, tiny):
    basis = []
    for place, column in enumerate(a.T):
        rest = column
        for other in a.T[:place]:
            rest = rest - (other @ rest) / (other @ other) * other
        if rest.norm() > tiny * column.norm():
            basis.append(rest / rest.norm())
    return torch.stack(basis, dim=1)


# %% [markdown]
# The basis makes a matrix $Q$ with orthonormal columns. If it is square, it is called **orthogonal**: then
# $Q^\top Q = Q Q^\top = I$, so its inverse is simply its transpose, and it keeps all lengths and angles, like a turn
# or a mirror. And since each column of $A$ is a mix of the first few $q$'s, $A = Q R$ with an upper triangular $R$.
# That is the **QR factorisation**. **Predict** the shape of the pattern below: which entries will be zero?

# %%
pictures = digits.train_x[::1000].flatten(1).T  # four digits as columns, (784, 4)
q = gram_schmidt(pictures, 1e-4)
torch.set_printoptions(precision=2, sci_mode=False)
print("Qᵀ Q:", (q.T @ q).abs(), "R = Qᵀ A:", q.T @ pictures, sep="\n")

# %% [markdown]
# ### Exercise: elimination
# difficulty 4/5 · 12 minutes · cards: lu, det-elimination, row-operations
#
# The workhorse of all solving. Take multiples of a row away from the rows below it, until only zeros are left below
# the diagonal. What remains is an upper triangular $U$. Write down the multiples that you used, with ones on the
# diagonal, and you have a lower triangular $L$ with $LU = A$. In between, rows have to be swapped: never divide by
# zero, and rather by a large number than by a small one. So take as the next **pivot** the entry of largest *size* in
# what is left of the column. In total, the rows of $A$ in a new `order` are $LU$.
#
# Taking a multiple of a row away does not change a determinant, and a swap turns its sign. The determinant of a
# triangle is the product of its diagonal. So we get the determinant as a gift, with about $n^3/3$ multiplications
# instead of $n!$. Fill the blanks. (Multipliers are kept where the zeros would be, which saves a matrix.)


# %% solution="eliminate"
def eliminate(a: torch.Tensor) -> tuple[list[int], torch.Tensor, torch.Tensor, torch.Tensor]:
    """The order of the rows, L and U (n, n) with a[order] = L @ U, and the determinant, for a regular a (n, n)."""
    work, order, sign = a.clone(), list(range(len(a))), 1
    for k in range(len(a)):
        pivot = k + int(work[k:, k].abs().argmax())  # ? abs() | argmax()
        if pivot != k:
            work[[k, pivot]] = work[[pivot, k]]  # ? [pivot, k]
            order[k], order[pivot] = order[pivot], order[k]
            sign = -sign  # ? -sign
        for row in range(k + 1, len(a)):
            work[row, k] /= work[k, k]  # ? work[k, k]
            work[row, k + 1 :] -= work[row, k] * work[k, k + 1 :]  # ? work[row, k]
    lower, upper = work.tril(-1) + torch.eye(len(a)), work.triu()  # ? triu()
    return order, lower, upper, sign * upper.diagonal().prod()  # ? sign | prod()


# %% tests="eliminate" points=5
with checks.check("two rows that have to be swapped", hint="the pivot is the larger of 1 and 4"):
    order, lower, upper, volume = eliminate(torch.tensor([[1.0, 2.0], [4.0, 4.0]]))
    checks.equal(order, [1, 0])
    checks.close(lower, [[1.0, 0.0], [0.25, 1.0]])
    checks.close(upper, [[4.0, 4.0], [0.0, 1.0]])
with checks.check("the determinant of these two rows", hint="every swap turns the sign"):
    checks.close(eliminate(torch.tensor([[1.0, 2.0], [4.0, 4.0]]))[3], -4.0)
### BEGIN HIDDEN TESTS
rng = checks.rng()
n = rng.integer(5, 7)
left, right = (torch.linalg.qr(rng.tensor(n, n)).Q for _ in range(2))
sizes = rng.tensor(n, low=0.6, high=2)
a = left @ torch.diag(sizes) @ right
with checks.check(
    "L times U is A with its rows in the new order", hint="which multiple of the pivot row makes a zero?"
):
    order, lower, upper, _ = eliminate(a)
    checks.close(doubles(lower) @ doubles(upper), a[torch.as_tensor(order).long()], rtol=1e-3, atol=1e-4)
with checks.check(
    "two triangles, ones on the diagonal of L, no multiplier above 1", hint="largest size means without the sign"
):
    for matrix in (a, -a):
        _, lower, upper, _ = eliminate(matrix)
        checks.close(doubles(lower).triu(), torch.eye(n), atol=1e-6)
        checks.close(doubles(upper).tril(-1), torch.zeros(n, n), atol=1e-6)
        checks.between(lower, -1.0001, 1.0001)
with checks.check("determinants of any sign", hint="the product of the pivots, and a sign for the swaps"):
    for matrix in (a, a.flip(0), a[[1, 0, *range(2, n)]]):
        checks.close(eliminate(matrix)[3], torch.linalg.det(matrix.double()), rtol=1e-3)
### END HIDDEN TESTS


# %% right="eliminate: by the library"
def eliminate(a):
    rows, lower, upper = torch.linalg.lu(a)
    return rows.T.argmax(dim=1).tolist(), lower, upper, torch.linalg.det(a)


# %% right="eliminate: two matrices, outer products"
def eliminate(a):
    n = len(a)
    upper, lower, order, sign = a.double(), torch.zeros(n, n).double(), torch.arange(n), 1.0
    for k in range(n):
        pivot = max(range(k, n), key=lambda row: abs(upper[row, k].item()))
        swap = torch.arange(n)
        swap[k], swap[pivot] = pivot, k
        upper, lower, order = upper[swap], lower[swap], order[swap]
        sign = sign if pivot == k else -sign
        lower[k:, k] = upper[k:, k] / upper[k, k]
        upper[k + 1 :] = upper[k + 1 :] - torch.outer(lower[k + 1 :, k], upper[k])
        upper[k + 1 :, k] = 0
    return order.tolist(), lower, upper, sign * upper.diagonal().prod()


# %% wrong="eliminate: largest entry instead of largest size"
def eliminate(a):
    work, order, sign = a.clone(), list(range(len(a))), 1
    for k in range(len(a)):
        pivot = k + int(work[k:, k].argmax())
        if pivot != k:
            work[[k, pivot]] = work[[pivot, k]]
            order[k], order[pivot] = order[pivot], order[k]
            sign = -sign
        for row in range(k + 1, len(a)):
            work[row, k] /= work[k, k]
            work[row, k + 1 :] -= work[row, k] * work[k, k + 1 :]
    lower, upper = work.tril(-1) + torch.eye(len(a)), work.triu()
    return order, lower, upper, sign * upper.diagonal().prod()


# %% wrong="eliminate: swaps do not turn the sign"
def eliminate(a):
    work, order, sign = a.clone(), list(range(len(a))), 1
    for k in range(len(a)):
        pivot = k + int(work[k:, k].abs().argmax())
        if pivot != k:
            work[[k, pivot]] = work[[pivot, k]]
            order[k], order[pivot] = order[pivot], order[k]
        for row in range(k + 1, len(a)):
            work[row, k] /= work[k, k]
            work[row, k + 1 :] -= work[row, k] * work[k, k + 1 :]
    lower, upper = work.tril(-1) + torch.eye(len(a)), work.triu()
    return order, lower, upper, sign * upper.diagonal().prod()


# %% wrong="eliminate: divides by the pivot of the row itself"
def eliminate(a):
    work, order, sign = a.clone(), list(range(len(a))), 1
    for k in range(len(a)):
        pivot = k + int(work[k:, k].abs().argmax())
        if pivot != k:
            work[[k, pivot]] = work[[pivot, k]]
            order[k], order[pivot] = order[pivot], order[k]
            sign = -sign
        for row in range(k + 1, len(a)):
            work[row, k] /= work[row, row]
            work[row, k + 1 :] -= work[row, k] * work[k, k + 1 :]
    lower, upper = work.tril(-1) + torch.eye(len(a)), work.triu()
    return order, lower, upper, sign * upper.diagonal().prod()


# %% wrong="eliminate: adds up the diagonal"
def eliminate(a):
    rows, lower, upper = torch.linalg.lu(a)
    return rows.T.argmax(dim=1).tolist(), lower, upper, upper.diagonal().sum()


# %% wrong="eliminate: never swaps"
def eliminate(a):
    work = a.clone()
    for k in range(len(a)):
        for row in range(k + 1, len(a)):
            work[row, k] /= work[k, k]
            work[row, k + 1 :] -= work[row, k] * work[k, k + 1 :]
    lower, upper = work.tril(-1) + torch.eye(len(a)), work.triu()
    return list(range(len(a))), lower, upper, upper.diagonal().prod()


# %% [markdown]
# ### Exercise: the best answer to a question without one
# difficulty 3/5 · 10 minutes · cards: range, projection-range, normal-equations
#
# Twenty measurements, three unknowns: $A x = y$ has no solution, because $y$ does not lie in the **range** of $A$
# (also called column space: all the mixes of its columns). The next best thing is the point of the range that is
# nearest to $y$: its shadow. What is left must stand at a right angle to every column,
# $A^\top (y - A x) = 0$, and that is a small square system, the **normal equations**
#
# $$A^\top A\, x = A^\top y \qquad\text{so that}\qquad \text{shadow} = A (A^\top A)^{-1} A^\top y$$
#
# Return the weights `x` and the shadow. The columns of `a` are independent. `y` may be one vector or have several
# columns, one problem in each.


# %% solution="least_squares"
def least_squares(a: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The x with the smallest |a x - y|, and a x, for a (n, k) and y (n,) or (n, problems)."""
    ### BEGIN SOLUTION
    weights = torch.linalg.solve(a.T @ a, a.T @ y)
    return weights, a @ weights
    ### END SOLUTION


# %% tests="least_squares" points=4
a = torch.tensor([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]])
with checks.check("the best line through three points", hint="solve the normal equations"):
    checks.close(least_squares(a, torch.tensor([0.0, 1.0, 5.0]))[0], [-0.5, 2.5], rtol=1e-4)
### BEGIN HIDDEN TESTS
rng = checks.rng()
n, k = rng.integer(12, 20), rng.integer(3, 4)
# No bad luck here: over 20,000 draws rounding used up less than 1 % of the tolerance.
a = torch.linalg.qr(rng.tensor(n, k)).Q @ (torch.diag(rng.tensor(k, low=1, high=3)) + rng.tensor(k, k).triu(1))
y = rng.tensor(n)
with checks.check("the weights of any problem", hint="the transpose stands on both sides"):
    right = torch.linalg.lstsq(a.double(), y.double()[:, None]).solution[:, 0]
    checks.close(least_squares(a, y)[0], right, rtol=1e-3, atol=1e-3)
with checks.check(
    "the shadow, with the rest at right angles to every column", hint="the shadow is a mix of the columns"
):
    shadow = doubles(least_squares(a, y)[1])
    checks.shape(shadow, n)
    checks.close(a.double().T @ (y - shadow), torch.zeros(k), atol=1e-3)
    checks.close(shadow, (a.double() @ torch.linalg.pinv(a.double())) @ y.double(), rtol=1e-3, atol=1e-3)
with checks.check("several problems at once", hint="a matrix y has one problem in each column"):
    many = rng.tensor(n, 3)
    checks.close(least_squares(a, many)[0], torch.linalg.pinv(a.double()) @ many.double(), rtol=1e-3, atol=1e-3)
### END HIDDEN TESTS


# %% right="least_squares: by the pseudo-inverse"
def least_squares(a, y):
    weights = torch.linalg.pinv(a) @ y
    return weights, a @ weights


# %% right="least_squares: by QR"
def least_squares(a, y):
    q, r = torch.linalg.qr(a)
    return torch.linalg.inv(r) @ (q.T @ y), q @ (q.T @ y)


# %% wrong="least_squares: as if the columns were orthonormal"
def least_squares(a, y):
    weights = a.T @ y
    return weights, a @ weights


# %% wrong="least_squares: returns the rest"
def least_squares(a, y):
    weights = torch.linalg.solve(a.T @ a, a.T @ y)
    return weights, y - a @ weights


# %% wrong="least_squares: forgets the transpose on the right"
def least_squares(a, y):
    weights = torch.linalg.solve(a.T @ a, y[: a.shape[1]])
    return weights, a @ weights


# %% wrong="least_squares: solves the first rows exactly"
def least_squares(a, y):
    k = a.shape[1]
    weights = torch.linalg.solve(a[:k], y[:k])
    return weights, a @ weights


# %% wrong="least_squares: every column for itself"
def least_squares(a, y):
    weights = (a.T @ y) / a.square().sum(dim=0)
    return weights, a @ weights


# %% [markdown]
# A cannonball was filmed, its height measured 20 times with a shaky hand. Physics says that the height is a parabola
# in time, $a + b t + c t^2$: three unknowns, linear in the unknowns. **Predict** whether three columns are enough for
# twenty measurements, and where you would see gravity.

# %%
generator = torch.Generator().manual_seed(3)
time = torch.linspace(0, 4, 20)
height = 2 + 20 * time - 4.9 * time**2 + 1.5 * torch.randn(20, generator=generator)
table = torch.stack([torch.ones(20), time, time**2], dim=1)
weights, shadow = least_squares(table, height)
plt.figure(figsize=(5, 2.8))
plt.scatter(time, height, s=10)
plt.plot(time, shadow, "tab:red")
plt.title(f"{weights[0]:.1f} {weights[1]:+.1f} t {weights[2]:+.1f} t²  (true: 2 +20 t −4.9 t²)", fontsize=9)
plt.tight_layout()

# %% [markdown]
# ## 4 · Bowls, saddles and arrows that keep their direction
#
# Near its lowest point every smooth loss looks like a **quadratic form**, $x^\top A x$ with a symmetric matrix $A$.
# (Only the symmetric half counts: any square matrix is $\frac12(A + A^\top) + \frac12(A - A^\top)$, and the second,
# antisymmetric half always gives zero.) Whether you stand at the bottom of a bowl or on a saddle is decided by the
# signs that the form can take. **Predict** for each picture whether a ball would stay at the centre.

# %%
forms = {
    "positive definite": [[2.0, 0.6], [0.6, 1.0]],
    "positive semidefinite": [[1.0, 1.0], [1.0, 1.0]],
    "indefinite": [[1.0, 0.5], [0.5, -1.0]],
    "negative definite": [[-2.0, 0.0], [0.0, -1.0]],
}
across = torch.linspace(-1, 1, 60)
points = torch.cartesian_prod(across, across)
figure, axes = plt.subplots(1, 4, figsize=(11, 2.8), subplot_kw={"projection": "3d"})
for axis, (name, matrix) in zip(axes, forms.items(), strict=True):
    values = ((points @ torch.tensor(matrix)) * points).sum(dim=1)
    axis.plot_surface(*(side.reshape(60, 60).numpy() for side in (*points.T, values)), cmap="coolwarm")
    axis.set_title(name, fontsize=9)
    axis.set(xticks=[], yticks=[], zticks=[0])
figure.tight_layout()

# %% [markdown]
# | $x^\top A x$ for all $x \ne 0$ | name | eigenvalues (coming soon) |
# |---|---|---|
# | always > 0 | positive definite | all > 0 |
# | always ≥ 0, sometimes 0 | positive semidefinite | all ≥ 0, some 0 |
# | always < 0 | negative definite | all < 0 |
# | always ≤ 0, sometimes 0 | negative semidefinite | all ≤ 0, some 0 |
# | both signs | indefinite | both signs |
#
# (In books "semidefinite" includes "definite". Here the function names the sharpest word that fits.)
#
# ### Exercise: bowl or saddle?
# difficulty 3/5 · 8 minutes · cards: quadratic-form, definite, negative-definite, indefinite, definite-rank
#
# Write the quadratic form, and a function that names the kind of a symmetric matrix, which is not all zeros, by one of
# the five names in the table. An eigenvalue whose size is at most `tiny` counts as zero. `torch.linalg.eigvalsh(a)`
# returns the eigenvalues of a symmetric matrix, smallest first.


# %% solution="definiteness"
def quadratic(a: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """The value of the quadratic form of a (n, n) at x (n,)."""
    ### BEGIN SOLUTION
    return x @ a @ x
    ### END SOLUTION


def definiteness(a: torch.Tensor, tiny: float) -> str:
    """Which of the five kinds a symmetric matrix (n, n) is, for example "negative semidefinite"."""
    ### BEGIN SOLUTION
    values = torch.linalg.eigvalsh(a)
    positive, negative = (values > tiny).any(), (values < -tiny).any()
    if positive and negative:
        return "indefinite"
    strength = "semidefinite" if (values.abs() <= tiny).any() else "definite"
    return f"positive {strength}" if positive else f"negative {strength}"
    ### END SOLUTION


# %% tests="definiteness" points=5
with checks.check("a form by hand", hint="x, matrix, x: what is 1·1·1 + 2·1·2 + 1·1·3 + 2·1·1?"):
    checks.close(quadratic(torch.tensor([[1.0, 3.0], [1.0, 1.0]]), torch.tensor([1.0, 2.0])), 13.0)
with checks.check("two kinds with nothing but a diagonal", hint="look at the signs of the eigenvalues"):
    checks.equal(definiteness(torch.diag(torch.tensor([1.0, 2.0])), 1e-3), "positive definite")
    checks.equal(definiteness(torch.diag(torch.tensor([1.0, -2.0])), 1e-3), "indefinite")
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("any quadratic form", hint="a number for every pair of entries of x"):
    n = rng.integer(3, 5)
    a, x = rng.tensor(n, n), rng.tensor(n)
    slow = sum(a[i, j].item() * x[i].item() * x[j].item() for i in range(n) for j in range(n))
    checks.close(quadratic(a, x), slow, rtol=1e-3, atol=1e-3)
with checks.check("all five kinds, turned", hint="which signs do the eigenvalues have that are not tiny?"):
    kinds = {
        "positive definite": [0.3, 1.0, 2.0],
        "positive semidefinite": [0.0, 1.0, 2.0],
        "negative definite": [-2.0, -1.0, -0.3],
        "negative semidefinite": [-2.0, -1.0, 0.0],
        "indefinite": [-2.0, 0.0, 0.3],
    }
    for kind, values in kinds.items():
        q = torch.linalg.qr(rng.tensor(3, 3)).Q
        a = q @ torch.diag(torch.tensor(values)) @ q.T
        checks.equal(definiteness((a + a.T) / 2, 0.01), kind)
        checks.equal(definiteness((a + a.T) / 2, 0.5), kind.replace(" definite", " semidefinite").replace(
            "indefinite", "negative semidefinite"))  # fmt: skip
with checks.check("an eigenvalue of exactly tiny counts as zero", hint="at most tiny: the border belongs to zero"):
    for values, kind in (([0.5, 2], "positive"), ([-0.5, 2], "positive"), ([0.5, -2], "negative")):
        checks.equal(definiteness(torch.diag(torch.tensor(values)), 0.5), f"{kind} semidefinite")
### END HIDDEN TESTS


# %% equivalent="definiteness: the form is the same from either side"
# - return x @ a @ x
# + return x @ (x @ a)


# %% equivalent="definiteness: the form of a transpose is the same"
# - return x @ a @ x
# + return a @ x @ x


# %% right="definiteness: by the smallest and the largest"
def quadratic(a, x):
    return torch.einsum("i,ij,j->", x, a, x)


def definiteness(a, tiny):
    values = torch.linalg.eigvalsh(a)
    low, high = values[0], values[-1]
    if low > tiny:
        return "positive definite"
    if high < -tiny:
        return "negative definite"
    if low < -tiny and high > tiny:
        return "indefinite"
    return "positive semidefinite" if high > tiny else "negative semidefinite"


# %% right="definiteness: signs in a set"
def quadratic(a, x):
    return (torch.outer(x, x) * a).sum()


def definiteness(a, tiny):
    values = [value if abs(value) > tiny else 0 for value in torch.linalg.eigh(a).eigenvalues.tolist()]
    signs = {(value > 0) - (value < 0) for value in values}
    if {1, -1} <= signs:
        return "indefinite"
    return ("positive " if 1 in signs else "negative ") + ("semidefinite" if 0 in signs else "definite")


# %% right="definiteness: numpy, zeros first"
def quadratic(a, x):
    import numpy as np

    return np.dot(x.numpy(), a.numpy() @ x.numpy())


def definiteness(a, tiny):
    import numpy as np

    v = np.linalg.eigvalsh(a.numpy())
    v = np.where(np.abs(v) <= tiny, 0, v)
    if (v > 0).all():
        return "positive definite"
    if (v < 0).all():
        return "negative definite"
    if (v >= 0).all():
        return "positive semidefinite"
    if (v <= 0).all():
        return "negative semidefinite"
    return "indefinite"


# %% wrong="definiteness: by the diagonal"
def quadratic(a, x):
    return x @ a @ x


def definiteness(a, tiny):
    values = a.diagonal()
    positive, negative = (values > tiny).any(), (values < -tiny).any()
    if positive and negative:
        return "indefinite"
    strength = "semidefinite" if (values.abs() <= tiny).any() else "definite"
    return f"positive {strength}" if positive else f"negative {strength}"


# %% wrong="definiteness: by the determinant"
def quadratic(a, x):
    return x @ a @ x


def definiteness(a, tiny):
    volume = torch.linalg.det(a)
    if abs(volume) <= tiny:
        return "positive semidefinite"
    return "positive definite" if volume > 0 else "indefinite"


# %% wrong="definiteness: no room for rounding"
def quadratic(a, x):
    return x @ a @ x


def definiteness(a, tiny):
    values = torch.linalg.eigvalsh(a)
    positive, negative = (values > 0).any(), (values < 0).any()
    if positive and negative:
        return "indefinite"
    strength = "semidefinite" if (values == 0).any() else "definite"
    return f"positive {strength}" if positive else f"negative {strength}"


# %% wrong="definiteness: knows no semidefinite"
def quadratic(a, x):
    return x @ a @ x


def definiteness(a, tiny):
    values = torch.linalg.eigvalsh(a)
    if (values > tiny).all():
        return "positive definite"
    return "negative definite" if (values < -tiny).all() else "indefinite"


# %% wrong="definiteness: the length of A x"
def quadratic(a, x):
    return (a @ x) @ (a @ x)


def definiteness(a, tiny):
    values = torch.linalg.eigvalsh(a)
    positive, negative = (values > tiny).any(), (values < -tiny).any()
    if positive and negative:
        return "indefinite"
    strength = "semidefinite" if (values.abs() <= tiny).any() else "definite"
    return f"positive {strength}" if positive else f"negative {strength}"


# %% [markdown]
# A positive definite matrix has a square root of a kind: a lower triangular $L$ with $L L^\top = A$, the **Cholesky
# factorisation**. It is the cheapest way to solve normal equations, the usual test for positive definiteness (it needs
# the root of a negative number when there is none), and it gives random numbers any covariance that you like: if the
# entries of $z$ are independent with variance 1, then $L z$ has covariance $L L^\top = A$.
#
# ### Exercise: the root of a matrix
# difficulty 3/5 · 8 minutes · cards: cholesky
#
# Fill the blanks, column by column. Entry $(i, j)$ of $L L^\top$ is the dot product of rows $i$ and $j$ of $L$. Up to
# column $j$ all but the last part of that is known already: take it away, and what is left determines the new entry.


# %% solution="cholesky"
def cholesky(a: torch.Tensor) -> torch.Tensor:
    """The lower triangular L (n, n) with positive diagonal and L @ L.T = a, for a positive definite a."""
    low = torch.zeros(len(a), len(a))
    for j in range(len(a)):
        known = low[j:, :j] @ low[j, :j]  # ? low[j, :j]
        left = a[j:, j] - known  # ? a[j:, j] | known
        low[j:, j] = left / left[0].sqrt()  # ? left[0].sqrt()
    return low


# %% tests="cholesky" points=3
with checks.check("two by two", hint="the first entry is a root; the one below times that root is the entry of a"):
    checks.close(cholesky(torch.tensor([[4.0, 2.0], [2.0, 10.0]])), [[2.0, 0.0], [1.0, 3.0]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("any positive definite matrix", points=2, hint="what part of the dot product is known already?"):
    for n in (3, rng.integer(4, 6)):  # over 20,000 draws rounding used up less than 1 % of the tolerance
        root = 0.5 * rng.tensor(n, n).tril(-1) + torch.diag(rng.tensor(n, low=0.7, high=2))
        checks.close(cholesky(root @ root.T), root, rtol=1e-3, atol=1e-3)
### END HIDDEN TESTS


# %% equivalent="cholesky: rows and columns of a symmetric matrix are the same"
# - left = a[j:, j] - known
# + left = a[j, j:] - known


# %% right="cholesky: by the library"
def cholesky(a):
    return torch.linalg.cholesky(a)


# %% right="cholesky: entry by entry"
def cholesky(a):
    n = len(a)
    low = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(i + 1):
            left = a[i, j].item() - sum(low[i][k] * low[j][k] for k in range(j))
            low[i][j] = math.sqrt(left) if i == j else left / low[j][j]
    return low


# %% wrong="cholesky: divides by the entry, not by its root"
def cholesky(a):
    low = torch.zeros(len(a), len(a))
    for j in range(len(a)):
        left = a[j:, j] - low[j:, :j] @ low[j, :j]
        low[j:, j] = left / left[0]
    return low


# %% wrong="cholesky: forgets what is known"
def cholesky(a):
    low = torch.zeros(len(a), len(a))
    for j in range(len(a)):
        low[j:, j] = a[j:, j] / a[j, j].sqrt()
    return low


# %% wrong="cholesky: the upper one"
def cholesky(a):
    return torch.linalg.cholesky(a).T


# %% wrong="cholesky: the root of every entry"
def cholesky(a):
    return a.sqrt().tril()


# %% [markdown]
# **Predict** the slope of the cloud below: its covariance is to be 2 and 1 on the diagonal, and −1.2 beside it.

# %%
wanted = torch.tensor([[2.0, -1.2], [-1.2, 1.0]])
cloud = cholesky(wanted) @ torch.randn(2, 3000, generator=generator)
plt.figure(figsize=(3.2, 3.2))
plt.scatter(*cloud, s=2)
plt.axis("equal")
print("covariance of the cloud:", torch.cov(cloud), sep="\n")

# %% [markdown]
# Most arrows change their direction when a matrix acts on them. A few do not: they only become longer or shorter or
# turn round. Such an arrow is an **eigenvector**, and the factor is its **eigenvalue**: $A v = \lambda v$. Below, 24
# arrows of length one in grey; a blue line leads from each tip to where the matrix moves it. **Predict** which
# directions stay on their line.

# %%
stretch = torch.tensor([[2.0, 1.0], [1.0, 2.0]])
figure, axis = plt.subplots(figsize=(4, 4))
for step in range(24):
    one = torch.tensor([math.cos(step * math.pi / 12), math.sin(step * math.pi / 12)])
    axis.plot(*torch.stack([one, stretch @ one], dim=1), color="tab:blue", linewidth=0.8)
    axis.plot(*torch.stack([0 * one, one], dim=1), color="lightgrey")
axis.set(aspect="equal", title="two directions keep their line")
figure.tight_layout()

# %% [markdown]
# For two by two there is a quick way to the eigenvalues without solving $\det(A - \lambda I) = 0$ each time. Their sum
# is the trace (so their mean $m$ is half of it), their product is the determinant $p$, hence
#
# $$\lambda = m \pm \sqrt{m^2 - p}$$
#
# In general too the eigenvalues add up to the trace and multiply to the determinant. And if there are $n$ independent
# eigenvectors, they are the best basis for this matrix: in it, the matrix is **diagonal**. With the eigenvectors as
# columns of $V$ and the eigenvalues on the diagonal of $D$, $A = V D V^{-1}$. So $A^{100}$, a hundred matrix products,
# becomes the hundredth power of a few numbers: $V D^{100} V^{-1}$.
#
# ### Exercise: eigenvalues, and what they are good for
# difficulty 3/5 · 10 minutes · cards: eigenvector, eigen-trace-det, characteristic, eigen-two, diagonalise
#
# Fill the blanks. (A turn has no real eigenvectors, and torch therefore returns complex numbers. In the product the
# imaginary parts cancel, so only the real part is returned.)


# %% solution="eigen_powers"
def eigenvalues_2x2(a: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The larger and the smaller eigenvalue of a (2, 2) matrix whose eigenvalues are real."""
    mean = (a[0, 0] + a[1, 1]) / 2  # ? a[1, 1] | 2
    product = a[0, 0] * a[1, 1] - a[0, 1] * a[1, 0]  # ? a[0, 1] * a[1, 0]
    spread = (mean**2 - product).sqrt()  # ? mean**2 - product
    return mean + spread, mean - spread


def power(a: torch.Tensor, k: int) -> torch.Tensor:
    """The k-th power of a matrix (n, n) with n independent eigenvectors."""
    values, vectors = torch.linalg.eig(a)
    powers = torch.diag(values**k)  # ? diag | values**k
    return (vectors @ powers @ torch.linalg.inv(vectors)).real  # ? inv(vectors)


# %% tests="eigen_powers" points=4
with checks.check("the stretch of the picture: 3 and 1", hint="half the trace, and the determinant"):
    checks.close(eigenvalues_2x2(torch.tensor([[2.0, 1.0], [1.0, 2.0]])), [3.0, 1.0])
with checks.check("the fifth power of a diagonal matrix", hint="where do the powers stand, and what turns V back?"):
    checks.close(power(torch.diag(torch.tensor([2.0, -1.0])), 5), [[32.0, 0.0], [0.0, -1.0]], rtol=1e-4)
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("real eigenvalues of any two by two matrix", hint="mean plus and minus a root"):
    skew = torch.tensor([[1.0, rng.uniform(-0.7, 0.7)], [rng.uniform(-0.7, 0.7), rng.uniform(0.8, 1.2)]])
    values = torch.tensor([rng.uniform(1, 3), rng.uniform(-2, 0)])
    checks.close(eigenvalues_2x2(skew @ torch.diag(values) @ torch.linalg.inv(skew)), values, rtol=1e-3, atol=1e-3)
with checks.check("powers of matrices that are not symmetric, and of turns", hint="is the inverse of V its transpose?"):
    left, right = (torch.linalg.qr(rng.tensor(3, 3)).Q for _ in range(2))
    skew = left @ torch.diag(rng.tensor(3, low=0.7, high=1.5)) @ right
    a = skew @ torch.diag(torch.tensor([-0.6, 0.8, 1.2])) @ torch.linalg.inv(skew)
    angle, k = rng.uniform(0.3, 1), rng.integer(5, 9)
    checks.close(power(a, k), torch.linalg.matrix_power(a.double(), k), rtol=1e-3, atol=2e-3)
    turn, turned = ([[math.cos(by), -math.sin(by)], [math.sin(by), math.cos(by)]] for by in (angle, k * angle))
    checks.close(power(torch.tensor(turn), k), turned, rtol=1e-3, atol=1e-3)
### END HIDDEN TESTS


# %% right="eigen_powers: by the quadratic formula and by repeated products"
def eigenvalues_2x2(a):
    trace, product = a.trace(), torch.linalg.det(a)
    root = torch.sqrt(trace**2 - 4 * product)
    return (trace + root) / 2, (trace - root) / 2


def power(a, k):
    result = torch.eye(len(a))
    for _ in range(k):
        result = result @ a
    return result


# %% right="eigen_powers: by the library"
def eigenvalues_2x2(a):
    values = torch.linalg.eigvals(a).real
    return values.max(), values.min()


def power(a, k):
    values, vectors = torch.linalg.eig(a.double())
    return ((vectors * values**k) @ torch.linalg.inv(vectors)).real


# %% wrong="eigen_powers: symmetric matrices only"
def eigenvalues_2x2(a):
    mean, product = a.trace() / 2, torch.linalg.det(a)
    spread = (mean**2 - product).sqrt()
    return mean + spread, mean - spread


def power(a, k):
    values, vectors = torch.linalg.eig(a)
    return (vectors @ torch.diag(values**k) @ vectors.T).real


# %% wrong="eigen_powers: powers of the entries"
def eigenvalues_2x2(a):
    mean, product = a.trace() / 2, torch.linalg.det(a)
    spread = (mean**2 - product).sqrt()
    return mean + spread, mean - spread


def power(a, k):
    return a**k


# %% wrong="eigen_powers: the whole trace"
def eigenvalues_2x2(a):
    mean, product = a.trace(), torch.linalg.det(a)
    spread = (mean**2 - product).sqrt()
    return mean + spread, mean - spread


def power(a, k):
    return torch.linalg.matrix_power(a, k)


# %% wrong="eigen_powers: the diagonal"
def eigenvalues_2x2(a):
    return a.diagonal().max(), a.diagonal().min()


def power(a, k):
    return torch.linalg.matrix_power(a, k)


# %% wrong="eigen_powers: multiplies the eigenvalues instead of raising them"
def eigenvalues_2x2(a):
    mean, product = a.trace() / 2, torch.linalg.det(a)
    spread = (mean**2 - product).sqrt()
    return mean + spread, mean - spread


def power(a, k):
    values, vectors = torch.linalg.eig(a)
    return (vectors @ torch.diag(values * k) @ torch.linalg.inv(vectors)).real


# %% [markdown]
# Rabbits: each month's number of pairs is the sum of the two months before. As a matrix, (this month, last month)
# becomes (next month, this month). **Predict** by about what factor the rabbits grow in a month.

# %%
rabbits = torch.tensor([[1.0, 1.0], [1.0, 0.0]])
print("eigenvalues:", *eigenvalues_2x2(rabbits))
print("rabbits in month 30:", power(rabbits.double(), 29)[0, 0])  # 832040

# %% [markdown]
# What if a matrix has a million rows? Multiply any arrow by it again and again. Each time, the part along the
# strongest eigenvector grows by more than all the others, until it is all that you see. Keep the length at 1, so that
# nothing overflows. That is **power iteration**, and something close to it ranked the pages of the early web.

# %%
figure, axes = plt.subplots(1, 4, figsize=(10, 2.6))
arrow = torch.tensor([-0.9, 0.3])
for step, axis in enumerate(axes):
    arrows(axis, [arrow], limit=1.2)
    axis.set_title(f"after {step} steps", fontsize=9)
    arrow = stretch @ arrow
    arrow = arrow / arrow.norm()
figure.tight_layout()

# %% [markdown]
# ### Exercise: power iteration
# difficulty 2/5 · 8 minutes · cards: power-iteration
#
# Multiply `start` by `a` the given number of times, and scale to length 1 after every step. Then estimate the
# eigenvalue by the quadratic form of the unit vector, $v^\top A v$. (Why is that an eigenvalue, if $A v = \lambda v$?)


# %% solution="power_iteration"
def power_iteration(a: torch.Tensor, start: torch.Tensor, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The estimated eigenvalue, and the unit vector after `steps` steps, for a (n, n) and start (n,)."""
    ### BEGIN SOLUTION
    vector = start
    for _ in range(steps):
        vector = a @ vector
        vector = vector / vector.norm()
    return vector @ a @ vector, vector
    ### END SOLUTION


# %% tests="power_iteration" points=4
with checks.check("one step from 1, 0", hint="multiply, then scale to length 1"):
    checks.close(power_iteration(torch.tensor([[3.0, 1.0], [4.0, 2.0]]), torch.tensor([1.0, 0.0]), 1)[1], [0.6, 0.8])
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("exactly as many steps as asked for", hint="count the products"):
    a, start, steps = rng.tensor(4, 4), rng.tensor(4), rng.integer(2, 4)
    far = torch.linalg.matrix_power(a.double(), steps) @ start.double()
    checks.close(power_iteration(a, start, steps)[1], far / far.norm(), rtol=1e-3, atol=1e-3)
q = torch.linalg.qr(rng.tensor(4, 4)).Q
with checks.check("the strongest eigenvector, also with a negative eigenvalue", hint="v · A v keeps the sign"):
    for strongest in (rng.uniform(2, 3), -rng.uniform(2, 3)):
        a = q @ torch.diag(torch.tensor([0.5, strongest, -1.0, 1.0])) @ q.T
        value, vector = power_iteration(a, q.sum(dim=1), 40)
        checks.close(value, strongest, rtol=1e-3)
        checks.close(vector, q[:, 1], rtol=1e-2, atol=1e-3)
with checks.check("thousands of steps do not overflow", hint="scale after every step, not at the end"):
    value, vector = power_iteration(100 * torch.eye(3), torch.tensor([1.0, 2.0, 2.0]), 1000)
    checks.close(value, 100.0, rtol=1e-3)
    checks.close(vector, [1 / 3, 2 / 3, 2 / 3], rtol=1e-3)
### END HIDDEN TESTS


# %% equivalent="power_iteration: the form is the same from either side"
# - return (vector @ a @ vector, vector)
# + return (vector @ (vector @ a), vector)


# %% equivalent="power_iteration: the form of a transpose is the same"
# - return (vector @ a @ vector, vector)
# + return (a @ vector @ vector, vector)


# %% right="power_iteration: Rayleigh quotient, in double precision"
def power_iteration(a, start, steps):
    a, vector = a.double(), start.double()
    for _ in range(steps):
        vector = torch.nn.functional.normalize(a @ vector, dim=0)
    return (vector @ (a @ vector)) / (vector @ vector), vector


# %% right="power_iteration: as a column"
def power_iteration(a, start, steps):
    column = start[:, None]
    while steps > 0:
        column = a @ column
        column = column / torch.linalg.vector_norm(column)
        steps -= 1
    return (column.T @ a @ column).item(), column[:, 0]


# %% wrong="power_iteration: eigenvalue by the length"
def power_iteration(a, start, steps):
    vector = start
    for _ in range(steps):
        vector = a @ vector
        vector = vector / vector.norm()
    return (a @ vector).norm(), vector


# %% wrong="power_iteration: scales at the end only"
def power_iteration(a, start, steps):
    vector = start
    for _ in range(steps):
        vector = a @ vector
    vector = vector / vector.norm()
    return vector @ a @ vector, vector


# %% wrong="power_iteration: one step too many"
def power_iteration(a, start, steps):
    vector = start
    for _ in range(steps + 1):
        vector = a @ vector
        vector = vector / vector.norm()
    return vector @ a @ vector, vector


# %% wrong="power_iteration: scales by the largest entry"
def power_iteration(a, start, steps):
    vector = start
    for _ in range(steps):
        vector = a @ vector
        vector = vector / vector.abs().max()
    return (vector @ a @ vector) / (vector @ vector), vector


# %% wrong="power_iteration: multiplies by the rows"
def power_iteration(a, start, steps):
    vector = start
    for _ in range(steps):
        vector = vector @ a
        vector = vector / vector.norm()
    return vector @ a @ vector, vector


# %% [markdown]
# ## 5 · Every matrix turns, stretches and turns
#
# Eigenvectors need a square matrix, and even then there may be too few. What works for *every* matrix, square or not,
# is the **singular value decomposition**
#
# $$A = U \Sigma V^\top$$
#
# $V^\top$ turns (or mirrors), the diagonal $\Sigma$ stretches along the axes by the **singular values**
# $\sigma_1 \ge \sigma_2 \ge … \ge 0$, and $U$ turns again. Every circle becomes an ellipse, and the singular values are
# its half-axes. **Predict** which of the four pictures show equal sizes.

# %%
skew = torch.tensor([[1.5, 1.0], [0.2, 1.2]])
u, s, vh = torch.linalg.svd(skew)
stages = {"circle": torch.eye(2), "turned by Vᵀ": vh, "stretched by Σ": torch.diag(s) @ vh, "turned by U": skew}
marks = torch.eye(2)
figure, axes = plt.subplots(1, 4, figsize=(11, 2.8))
for axis, (name, matrix) in zip(axes, stages.items(), strict=True):
    axis.plot(*(matrix @ circle))
    arrows(axis, [*(matrix @ vh.T).T], ["v1", "v2"], limit=2.4)
    axis.set_title(name, fontsize=9)
figure.tight_layout()
print("singular values", s, "determinant", torch.linalg.det(skew))

# %% [markdown]
# The largest singular value is the most by which the matrix can stretch any arrow: the **spectral norm** of the matrix.
# For square ones the product of all is the size of the determinant.
#
# Now write the product differently: $A = \sigma_1 u_1 v_1^\top + \sigma_2 u_2 v_2^\top + …$, a sum of simple tables of
# rank one, the most important first. Break the sum off after $k$ terms and you have the best approximation of rank $k$
# that exists. The error, as a Frobenius norm, is $\sqrt{\sigma_{k+1}^2 + \sigma_{k+2}^2 + …}$. A picture is a matrix
# too.
#
# ### Exercise: fewer numbers for a picture
# difficulty 2/5 · 8 minutes · cards: svd, svd-geometry, low-rank, spectral-norm
#
# Fill the blanks. `torch.linalg.svd` returns `u`, the singular values as a vector, and $V^\top$ (not $V$).


# %% solution="low_rank"
def low_rank(a: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The best approximation of rank k of a matrix, its error in the Frobenius norm, and the spectral norm of a."""
    u, s, vh = torch.linalg.svd(a)  # ? linalg.svd
    approximation = u[:, :k] @ torch.diag(s[:k]) @ vh[:k]  # ? [:, :k] | diag(s[:k]) | vh[:k]
    error = s[k:].square().sum().sqrt()  # ? s[k:]
    spectral = s[0]  # ? [0]
    return approximation, error, spectral


# %% tests="low_rank" points=4
with checks.check("a diagonal matrix of rank two, by rank one", hint="keep the largest singular value, drop the other"):
    approximation, error, spectral = low_rank(torch.diag(torch.tensor([3.0, -2.0])), 1)
    checks.close(approximation, [[3.0, 0.0], [0.0, 0.0]], atol=1e-4, what="approximation")
    checks.close(error, 2.0, rtol=1e-4, what="error")
    checks.close(spectral, 3.0, rtol=1e-4, what="spectral norm")
### BEGIN HIDDEN TESTS
rng = checks.rng()
u, v = torch.linalg.qr(rng.tensor(7, 5)).Q, torch.linalg.qr(rng.tensor(5, 5)).Q
s = torch.tensor([5.0, 3.0, 2.0, 1.2, 0.7]) * rng.uniform(0.5, 2)
tall, k = u @ torch.diag(s) @ v.T, rng.integer(2, 3)
with checks.check("tall and wide matrices", points=2, hint="k columns of u, k values, k rows of vh"):
    best = sum(s[j] * torch.outer(u[:, j], v[:, j]) for j in range(k))
    checks.close(low_rank(tall, k)[0], best, rtol=1e-3, atol=1e-3)
    checks.close(low_rank(tall.T, k)[0], best.T, rtol=1e-3, atol=1e-3)
with checks.check(
    "the error and the largest stretch",
    hint="what was left out makes the error; no arrow is stretched more than the spectral norm",
):
    _, error, spectral = low_rank(tall, k)
    checks.close(error, math.sqrt(sum(value**2 for value in s[k:].tolist())), rtol=1e-3, what="error")
    checks.close(spectral, s[0], rtol=1e-3, what="spectral norm")
### END HIDDEN TESTS


# %% right="low_rank: by outer products"
def low_rank(a, k):
    u, s, vh = torch.linalg.svd(a, full_matrices=False)
    approximation = sum(s[j] * torch.outer(u[:, j], vh[j]) for j in range(k))
    return approximation, torch.linalg.matrix_norm(a - approximation), torch.linalg.matrix_norm(a, 2)


# %% right="low_rank: by numpy"
def low_rank(a, k):
    import numpy as np

    u, s, vh = np.linalg.svd(a.numpy(), full_matrices=False)
    approximation = (u[:, :k] * s[:k]) @ vh[:k, :]
    return approximation, np.sqrt((s[k:] ** 2).sum()), s.max()


# %% right="low_rank: the shadow on the first columns of u, in double precision"
def low_rank(a, k):
    u, s, _ = torch.linalg.svd(a.double(), full_matrices=False)
    best = u[:, :k] @ (u[:, :k].T @ a.double())
    return best, (a.double() - best).norm().item(), s.max().item()


# %% wrong="low_rank: takes vh for v"
def low_rank(a, k):
    u, s, vh = torch.linalg.svd(a, full_matrices=False)
    approximation = u[:, :k] @ torch.diag(s[:k]) @ vh[:, :k].T
    return approximation, s[k:].square().sum().sqrt(), s[0]


# %% wrong="low_rank: rank k plus one"
def low_rank(a, k):
    u, s, vh = torch.linalg.svd(a)
    approximation = u[:, : k + 1] @ torch.diag(s[: k + 1]) @ vh[: k + 1]
    return approximation, s[k + 1 :].square().sum().sqrt(), s[0]


# %% wrong="low_rank: adds up the values that are left out"
def low_rank(a, k):
    u, s, vh = torch.linalg.svd(a)
    return u[:, :k] @ torch.diag(s[:k]) @ vh[:k], s[k:].sum(), s[0]


# %% wrong="low_rank: Frobenius for spectral"
def low_rank(a, k):
    u, s, vh = torch.linalg.svd(a)
    return u[:, :k] @ torch.diag(s[:k]) @ vh[:k], s[k:].square().sum().sqrt(), s.square().sum().sqrt()


# %% wrong="low_rank: cuts the picture"
def low_rank(a, k):
    s = torch.linalg.svdvals(a)
    approximation = torch.zeros_like(a)
    approximation[:k, :k] = a[:k, :k]
    return approximation, s[k:].square().sum().sqrt(), s[0]


# %% [markdown]
# A picture of 28 by 28 has 784 numbers; rank $k$ needs $k (28 + 28 + 1)$. **Predict** from which rank on you can read
# the digit.

# %%
ranks = (1, 2, 3, 5, 8, 12)
squeezed = [low_rank(three, k) for k in ranks]
titles = [f"rank {k}: {57 * k}\nerror {float(error):.1f}" for k, (_, error, _) in zip(ranks, squeezed, strict=True)]
show([three, *(picture.clamp(0, 1) for picture, _, _ in squeezed)], ["all 784 numbers", *titles], size=1.5)

# %% [markdown]
# The decomposition also tells what a matrix *cannot* see. The number of singular values that are not zero is the
# **rank**. The first columns of $U$, as many as the rank, are an orthonormal basis of the range. And the rows of
# $V^\top$ beyond the rank are sent to zero: they are an orthonormal basis of the **null space**, all $x$ with
# $A x = 0$ (for a map one also says *kernel*). Every row of $A$ stands at a right angle to it. Its dimension and the
# rank add up to the number of columns.
#
# ### Exercise: what a matrix can reach, and what it cannot see
# difficulty 3/5 · 10 minutes · cards: svd-rank, null-space, rank-nullity, row-operations
#
# Return the rank, an orthonormal basis of the range, and one of the null space, both as columns. Singular values that
# are at most `tiny` times the largest count as zero. When the null space holds only the zero vector, its basis is a
# matrix with no column, of shape (columns, 0).


# %% solution="subspaces"
def subspaces(a: torch.Tensor, tiny: float) -> tuple[int, torch.Tensor, torch.Tensor]:
    """The rank of a (rows, columns), a basis (rows, rank) of its range, and one (columns, n) of its null space."""
    ### BEGIN SOLUTION
    u, s, vh = torch.linalg.svd(a)
    rank = int((s > tiny * s[0]).sum())
    return rank, u[:, :rank], vh[rank:].T
    ### END SOLUTION


# %% tests="subspaces" points=5
with checks.check(
    "a matrix that forgets the difference of two entries",
    hint="count with room for rounding; range: all a @ x; null space: x with a @ x = 0",
):
    rank, reach, unseen = subspaces(torch.tensor([[1.0, 1.0], [2.0, 2.0]]), 1e-3)
    checks.equal(rank, 1)
    reach, unseen = doubles(reach), doubles(unseen)
    checks.close(reach @ reach.T, [[0.2, 0.4], [0.4, 0.8]], rtol=1e-3, what="range, basis @ basis.T")
    checks.close(unseen @ unseen.T, [[0.5, -0.5], [-0.5, 0.5]], rtol=1e-3, what="null space, basis @ basis.T")
### BEGIN HIDDEN TESTS
rng = checks.rng()
u, v = torch.linalg.qr(rng.tensor(6, 6)).Q, torch.linalg.qr(rng.tensor(4, 4)).Q
tall = u[:, :3] @ torch.diag(rng.tensor(3, low=1, high=3)) @ v[:, :3].T
with checks.check("ranks of tall, wide and regular matrices", hint="how many singular values are not zero?"):
    checks.equal([subspaces(a, 1e-3)[0] for a in (tall, tall.T, u)], [3, 3, 6])
with checks.check(
    "orthonormal bases of the range and of the null space", hint="columns of u, rows of vh: which, and how many?"
):
    for a, reach, unseen in ((tall, u[:, :3], v[:, 3:]), (tall.T, v[:, :3], u[:, 3:])):
        _, *bases = subspaces(a, 1e-3)
        for name, given, wanted in zip(("range", "null space"), map(doubles, bases), (reach, unseen), strict=True):
            checks.close(
                given.T @ given, torch.eye(wanted.shape[1]), rtol=1e-3, atol=1e-3, what=f"{name}, dot products"
            )
            checks.close(given @ given.T, wanted @ wanted.T, rtol=1e-3, atol=1e-3, what=f"{name}, basis @ basis.T")
with checks.check(
    "nothing but zeros, and nothing unseen", hint="the null space has as many dimensions as columns minus rank"
):
    rank, _, unseen = subspaces(torch.zeros(2, 3), 1e-3)
    checks.equal(rank, 0)
    checks.close(doubles(unseen) @ doubles(unseen).T, torch.eye(3), rtol=1e-3, atol=1e-3)
    checks.shape(subspaces(v, 1e-3)[2], 4, 0)
with checks.check("small singular values count as zero, small matrices do not", hint="compare with the largest one"):
    near = u[:, :4] @ torch.diag(torch.tensor([4.0, 2.0, 1.0, 0.3])) @ v.T
    checks.equal([subspaces(near * scale, 0.1)[0] for scale in (1.0, 1e-3, 1e3)], [3, 3, 3])
### END HIDDEN TESTS


# %% equivalent="subspaces: a tensor of one whole number cuts as an int does"
# - rank = int((s > tiny * s[0]).sum())
# + rank = (s > tiny * s[0]).sum()


# %% right="subspaces: by the library's rank, in double precision"
def subspaces(a, tiny):
    a = a.double()
    rank = torch.linalg.matrix_rank(a, rtol=tiny, atol=0.0).item()
    left, _, right = torch.linalg.svd(a, full_matrices=True)
    return rank, left[:, :rank], right[rank:, :].mT


# %% right="subspaces: by eigenvectors of the two products"
def subspaces(a, tiny):
    a = a.double()
    values, left = torch.linalg.eigh(a @ a.T)
    _, right = torch.linalg.eigh(a.T @ a)
    rank = int((values > tiny**2 * values[-1]).sum()) if a.any() else 0
    return rank, left[:, len(left) - rank :], right[:, : a.shape[1] - rank]


# %% right="subspaces: QR completes the basis"
def subspaces(a, tiny):
    u, s, vh = torch.linalg.svd(a, full_matrices=False)
    r = sum(1 for v in s.tolist() if v > tiny * s.max().item())
    full = torch.linalg.qr(vh[:r].T, mode="complete").Q if r else torch.eye(a.shape[1])
    return r, u[:, :r], full[:, r:]


# %% wrong="subspaces: counts every value that is not exactly zero"
def subspaces(a, tiny):
    u, s, vh = torch.linalg.svd(a)
    rank = int((s != 0).sum())
    return rank, u[:, :rank], vh[rank:].T


# %% wrong="subspaces: tiny as a size"
def subspaces(a, tiny):
    u, s, vh = torch.linalg.svd(a)
    rank = int((s > tiny).sum())
    return rank, u[:, :rank], vh[rank:].T


# %% wrong="subspaces: the null space of the transpose"
def subspaces(a, tiny):
    u, s, _ = torch.linalg.svd(a)
    rank = int((s > tiny * s[0]).sum())
    return rank, u[:, :rank], u[:, rank:]


# %% wrong="subspaces: the reduced decomposition loses the null space"
def subspaces(a, tiny):
    u, s, vh = torch.linalg.svd(a, full_matrices=False)
    rank = int((s > tiny * s[0]).sum())
    return rank, u[:, :rank], vh[rank:].T


# %% wrong="subspaces: the row space instead of the null space"
def subspaces(a, tiny):
    u, s, vh = torch.linalg.svd(a)
    rank = int((s > tiny * s[0]).sum())
    return rank, u[:, :rank], vh[:rank].T


# %% [markdown]
# Try it on data: a thousand digits, shrunk to 14 by 14, as the rows of a matrix. **Predict** its rank. There are 196
# columns, but do the corners of the paper ever see ink?

# %%
shrunk = torch.nn.functional.avg_pool2d(digits.train_x[::4, None], 2).flatten(1)
rank, _, unseen = subspaces(shrunk, 1e-6)
blank = (shrunk == 0).all(dim=0)
print(f"rank {rank} of 196; {int(blank.sum())} pixels never have ink; null space of dimension {unseen.shape[1]}")

# %% [markdown]
# The null space is a little larger than the number of blank pixels. Some pixels at the edge have ink in so few of these
# pictures that their columns are mixes of each other.
#
# ## 6 · The directions in which digits differ
#
# Think of every picture as a point in a space of 784 dimensions. The cloud of all points is not a ball: it is long in
# some directions and flat in most. **Principal component analysis** (PCA) finds the long ones.
#
# - Put the centre of the cloud at the origin: subtract the mean picture.
# - The **covariance matrix** $C = \frac{1}{n-1} X^\top X$ holds for every pair of pixels how they vary together. The
#   variance in the direction of a unit vector $v$ is the quadratic form $v^\top C v$.
# - It is largest for the eigenvector of the largest eigenvalue, and the eigenvalue *is* that variance. The next best
#   direction at a right angle is the next eigenvector, and so on. $C$ is symmetric, so they all are at right angles.
#
# ### Exercise: PCA
# difficulty 4/5 · 12 minutes · cards: pca, covariance, centre-first
#
# `pca` returns the mean (features,), the first k components as rows (k, features), and the variance along each (k,),
# largest first. `rebuild` describes rows `x` by their shadows on the components, and makes rows of the old size from
# them again: subtract the mean, k numbers for each row, back, add the mean.
#
# hint: `torch.linalg.eigh` returns eigenvalues from small to large, and the eigenvectors as *columns*. `flip(0)` turns
# the order of rows.


# %% solution="pca"
def pca(x: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Mean, first k principal components (k, features) and their variances (k,), for rows x (n, features)."""
    ### BEGIN SOLUTION
    mean = x.mean(dim=0)
    centred = x - mean
    values, vectors = torch.linalg.eigh(centred.T @ centred / (len(x) - 1))
    return mean, vectors.T.flip(0)[:k], values.flip(0)[:k]
    ### END SOLUTION


def rebuild(x: torch.Tensor, mean: torch.Tensor, components: torch.Tensor) -> torch.Tensor:
    """The rows x (n, features), as well as the components (k, features) can tell them."""
    ### BEGIN SOLUTION
    numbers = (x - mean) @ components.T
    return numbers @ components + mean
    ### END SOLUTION


# %% tests="pca" points=6
with checks.check(
    "four points on a sloping line", hint="subtract the mean; divide by n − 1; the line climbs two for each one"
):
    line = torch.tensor([[1.0, 1.0], [2.0, 3.0], [3.0, 5.0], [4.0, 7.0]])
    mean, components, variances = pca(line, 1)
    checks.close(mean, [2.5, 4.0], what="mean")
    checks.close(doubles(components)[0].abs(), [0.2**0.5, 0.8**0.5], rtol=1e-3, what="component, without sign")
    checks.close(variances, [25 / 3], rtol=1e-3, what="variances")
with checks.check(
    "a point comes back as its shadow", hint="subtract the mean, go to the components and back, add the mean"
):
    got = rebuild(torch.tensor([[3.0, 4.0]]), torch.tensor([1.0, 1.0]), torch.tensor([[0.0, 1.0]]))
    checks.close(got, [[1.0, 4.0]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
n, k = rng.integer(30, 40), rng.integer(2, 3)
noise = rng.tensor(n, 5)
spread = torch.linalg.qr(noise - noise.mean(dim=0)).Q * torch.tensor([20.0, 14.0, 9.0, 6.0, 3.0])
turn, centre = torch.linalg.qr(rng.tensor(5, 5)).Q, 5 * rng.tensor(5)
x = spread @ turn + centre
with checks.check("the mean of every feature", hint="which axis counts the rows?"):
    checks.close(pca(x, k)[0], centre, rtol=1e-3, atol=1e-3)
with checks.check("the variances, largest first", hint="the covariance of centred data, divided by n - 1"):
    checks.close(pca(x, k)[2], torch.tensor([400.0, 196.0, 81.0])[:k] / (n - 1), rtol=1e-3)
with checks.check("the directions, as rows", hint="eigh returns the eigenvectors as columns"):
    components = pca(x, k)[1]
    checks.shape(components, k, 5)
    checks.close((doubles(components) @ turn[:k].T.double()).abs(), torch.eye(k), rtol=1e-3, atol=2e-3)
with checks.check("rows rebuilt from a few numbers", hint="each row's shadow on the components, around the mean"):
    other = rng.tensor(6, 5)
    wanted = [centre + sum(((row - centre) @ axis) * axis for axis in turn[:k]) for row in other]
    checks.close(rebuild(other, centre, turn[:k]), wanted, rtol=1e-3, atol=1e-3)
### END HIDDEN TESTS


# %% equivalent="pca: the sign is squared away"
# - centred = x - mean
# + centred = mean - x


# %% right="pca: by the singular values of the centred data"
def pca(x, k):
    mean = x.mean(0)
    _, s, vh = torch.linalg.svd(x - mean, full_matrices=False)
    return mean, vh[:k], s[:k] ** 2 / (x.shape[0] - 1)


def rebuild(x, mean, components):
    return mean + (x - mean) @ (components.T @ components)


# %% right="pca: torch's covariance, sorted"
def pca(x, k):
    values, vectors = torch.linalg.eigh(torch.cov(x.T.double()))
    order = values.argsort(descending=True)[:k]
    return x.mean(dim=0), vectors[:, order].T, values[order]


def rebuild(x, mean, components):
    result = mean.repeat(len(x), 1)
    for axis in components:
        result = result + ((x - mean) @ axis)[:, None] * axis
    return result


# %% wrong="pca: forgets to centre"
def pca(x, k):
    values, vectors = torch.linalg.eigh(x.T @ x / (len(x) - 1))
    return x.mean(dim=0), vectors.T.flip(0)[:k], values.flip(0)[:k]


def rebuild(x, mean, components):
    return (x - mean) @ components.T @ components + mean


# %% wrong="pca: the smallest first"
def pca(x, k):
    mean = x.mean(dim=0)
    values, vectors = torch.linalg.eigh(torch.cov(x.T))
    return mean, vectors.T[:k], values[:k]


def rebuild(x, mean, components):
    return (x - mean) @ components.T @ components + mean


# %% wrong="pca: rows of the eigenvector matrix"
def pca(x, k):
    mean = x.mean(dim=0)
    values, vectors = torch.linalg.eigh(torch.cov(x.T))
    return mean, vectors.flip(1)[:k], values.flip(0)[:k]


def rebuild(x, mean, components):
    return (x - mean) @ components.T @ components + mean


# %% wrong="pca: divides by n"
def pca(x, k):
    mean = x.mean(dim=0)
    values, vectors = torch.linalg.eigh((x - mean).T @ (x - mean) / len(x))
    return mean, vectors.T.flip(0)[:k], values.flip(0)[:k]


def rebuild(x, mean, components):
    return (x - mean) @ components.T @ components + mean


# %% wrong="pca: rebuild forgets the mean"
def pca(x, k):
    mean = x.mean(dim=0)
    values, vectors = torch.linalg.eigh(torch.cov(x.T))
    return mean, vectors.T.flip(0)[:k], values.flip(0)[:k]


def rebuild(x, mean, components):
    return x @ components.T @ components


# %% [markdown]
# Run it on the digits. **Predict** what the first component looks like as a picture: which pixels vary together when
# one person writes a 0 and another one a 1?

# %%
mean, components, variances = pca(flat, 784)
show([mean.reshape(28, 28)], ["the mean of all"], size=1.6)
figure, axes = plt.subplots(1, 8, figsize=(11, 1.7))
for place, axis in enumerate(axes):
    axis.imshow(components[place].reshape(28, 28), cmap="coolwarm", vmin=-0.15, vmax=0.15)
    axis.set_title(f"{variances[place] / variances.sum():.1%}", fontsize=9)
    axis.set_axis_off()

# %%
numbers = (flat - mean) @ components[:2].T
plt.figure(figsize=(5.5, 4.5))
plt.scatter(*numbers.T, c=digits.train_y, cmap="tab10", s=5)
plt.colorbar(label="digit")
plt.title("4,000 digits, two numbers each", fontsize=9)
plt.tight_layout()

# %% [markdown]
# Two numbers out of 784, no label was used, and zeros (left or right, the sign is a matter of taste) already lie apart
# from ones. Now rebuild pictures that PCA has never seen. **Predict** how many numbers you need until you can read
# them.

# %%
unknown = digits.valid_x[::250].flatten(1)
stages = [rebuild(unknown, mean, components[:k]).reshape(-1, 28, 28) for k in (2, 10, 40, 150)]
pictures = [torch.cat([*stage]).clamp(0, 1) for stage in [unknown.reshape(-1, 28, 28), *stages]]
show(pictures, ["784 numbers", "2", "10", "40", "150"], size=2)

# %% [markdown]
# ## 7 · How far does linear algebra get?
#
# Nothing in this section learns by small steps. Everything is a shadow, a distance or a solved system.
#
# - *Nearest mean*: call a picture by the class whose mean picture is nearest.
# - *Nearest neighbour*: call it by the most similar training picture; in all 784 dimensions, and in 40.
# - *Least squares*: solve for weights that map a picture to ten numbers, 1 for its class and 0 for the others. On raw
#   pixels this breaks (why? think of the pixels without ink), so it gets the first 100 components, and a column of
#   ones.


# %%
def called_right(answers):
    return (answers == digits.valid_y).float().mean().item()


check = digits.valid_x.flatten(1)
small, small_check = (flat - mean) @ components[:40].T, (check - mean) @ components[:40].T
means = torch.stack([flat[digits.train_y == digit].mean(dim=0) for digit in range(10)])
reached["nearest mean"] = called_right(torch.cdist(check, means).argmin(dim=1))
reached["nearest neighbour, 784 numbers"] = called_right(digits.train_y[torch.cdist(check, flat).argmin(dim=1)])
reached["nearest neighbour, 40 numbers"] = called_right(digits.train_y[torch.cdist(small_check, small).argmin(dim=1)])

# %%
table = torch.cat([(flat - mean) @ components[:100].T, torch.ones(len(flat), 1)], dim=1)
check_table = torch.cat([(check - mean) @ components[:100].T, torch.ones(len(check), 1)], dim=1)
weights, _ = least_squares(table, torch.nn.functional.one_hot(digits.train_y).float())
reached["least squares"] = called_right((check_table @ weights).argmax(dim=1))
share = variances.cumsum(0) / variances.sum()
needed = int((share < 0.95).sum()) + 1

# %% setup
published = {
    "nearest mean": "0.820   no page: measured for this course",
    "nearest neighbour, 784 numbers": "0.950 and 0.969   LeCun's MNIST page: K-NN, Euclidean, by two groups",
    "nearest neighbour, 40 numbers": "0.967   the same page: 40 components, quadratic classifier",
    "least squares": "0.880   the same page: linear classifier",
}

# %%
print(f"yours: {digits.name}, validated on {len(check):,}; the published ones: 60,000 to learn from, 10,000 to check")
print(f"{'share of digits read correctly':36}{'yours':>7}{'±':>7}   published, on full MNIST")
for method, theirs in published.items():
    p = reached.get(method, math.nan)
    print(f"{method:36}{p:7.3f}{math.sqrt(p * (1 - p) / len(check)):7.3f}   {theirs}")
theirs = "154   Géron, Hands-On Machine Learning, chapter 8"
print(f"{'components for 95 % of the variance':36}{needed:7}{'':7}   {theirs}")

# %% [markdown]
# The two columns do **not** come from the same data: yours are 4,000 pictures, the published ones 60,000. The column ±
# is one standard error, $\sqrt{p(1-p)/n}$. The linear classifier of the page was trained in another way than yours, and
# on all the pixels. So read the table as "in the same region", no more. What may be compared is *within* your column,
# because there the pictures are the same: forty numbers read the digits at least as well as 784.
#
# ## 8 · Find the bug, and say it in your own words
#
# ### Exercise: the same answer twice
# difficulty 3/5 · 12 minutes · cards: deflation, power-iteration
#
# To get the second strongest eigenvector, a colleague takes the first one out of the matrix, $A - \lambda v v^\top$,
# and starts power iteration again: **deflation**. On covariance matrices her function has never failed. But on the
# symmetric matrix with eigenvalues −3, 2 and 1 it returns the values 3, 6, 12 and the same vector three times. There
# is **one** mistake. Find it (do one step with a 1 × 1 matrix by hand) and repair it.


# %% solution="strongest"
def strongest(a: torch.Tensor, start: torch.Tensor, k: int, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The k eigenvalues of largest size (k,), and their unit vectors (k, n), of a symmetric matrix (n, n)."""
    ### BEGIN SOLUTION
    #! values, vectors = [], []
    #! for _ in range(k):
    #!     vector = start
    #!     for _ in range(steps):
    #!         vector = a @ vector / (a @ vector).norm()
    #!     value = (a @ vector).norm()
    #!     a = a - value * torch.outer(vector, vector)
    #!     values.append(value)
    #!     vectors.append(vector)
    #! return torch.stack(values), torch.stack(vectors)
    values, vectors = [], []
    for _ in range(k):
        vector = start
        for _ in range(steps):
            vector = a @ vector / (a @ vector).norm()
        value = vector @ a @ vector
        a = a - value * torch.outer(vector, vector)
        values.append(value)
        vectors.append(vector)
    return torch.stack(values), torch.stack(vectors)
    ### END SOLUTION


# %% tests="strongest" points=4
with checks.check("a matrix that turns its strongest arrow round", hint="what does a length forget?"):
    values, _ = strongest(torch.diag(torch.tensor([2.0, -3.0, 1.0])), torch.ones(3), 2, 60)
    checks.close(values, [-3.0, 2.0], rtol=1e-3)
### BEGIN HIDDEN TESTS
rng = checks.rng()
q = torch.linalg.qr(rng.tensor(4, 4)).Q
sizes = torch.tensor([8.0, 4.0, 2.0, 1.0]) * rng.uniform(0.8, 1.2)
with checks.check(
    "eigenvalues of any sign, in order of size",
    points=2,
    hint="what is the eigenvalue of the first vector after A − λ v vᵀ?",
):
    for signs in ([-1, 1, 1, 1], [1, -1, -1, 1], [-1, -1, 1, -1], [1, 1, 1, 1]):
        wanted = sizes * torch.tensor(signs)
        values, _ = strongest(q @ torch.diag(wanted) @ q.T, q.sum(dim=1), 3, 40)
        checks.close(values, wanted[:3], rtol=1e-2)
with checks.check("eigenvectors, one for each", hint="the same arrow twice means that it is still in the matrix"):
    for signs in ([1, 1, 1, 1], [-1, 1, 1, 1]):
        _, vectors = strongest(q @ torch.diag(sizes * torch.tensor(signs)) @ q.T, q.sum(dim=1), 2, 40)
        checks.close((doubles(vectors) @ q[:, :2].double()).abs(), torch.eye(2), rtol=1e-2, atol=1e-2)
    values, vectors = strongest(-q @ torch.diag(sizes) @ q.T, 2 * q[:, 0], 1, 1)  # it starts where it should end
    checks.close(values, -sizes[:1], rtol=1e-3)
    checks.close(doubles(vectors).abs(), q[:, :1].T.abs(), rtol=1e-3, atol=1e-3)
### END HIDDEN TESTS


# %% equivalent="strongest: the form is the same from either side"
# - value = vector @ a @ vector
# + value = vector @ (vector @ a)


# %% equivalent="strongest: the form of a transpose is the same"
# - value = vector @ a @ vector
# + value = a @ vector @ vector


# %% equivalent="strongest: rows and columns of a symmetric matrix are the same"
# - vector = a @ vector / (a @ vector).norm()
# + vector = vector @ a / (a @ vector).norm()


# %% equivalent="strongest: the length is the same from either side of a symmetric matrix"
# - vector = a @ vector / (a @ vector).norm()
# + vector = a @ vector / (vector @ a).norm()


# %% right="strongest: by a ratio of entries"
def strongest(a, start, k, steps):
    values, vectors = [], []
    for _ in range(k):
        vector = start
        for _ in range(steps):
            vector = a @ vector
            vector = vector / vector.norm()
        place = vector.abs().argmax()
        value = (a @ vector)[place] / vector[place]
        a = a - value * vector[:, None] * vector
        values.append(value)
        vectors.append(vector)
    return torch.stack(values), torch.stack(vectors)


# %% right="strongest: all at once"
def strongest(a, start, k, steps):
    values, vectors = torch.linalg.eigh(a)
    order = values.abs().argsort(descending=True)[:k]
    return values[order], vectors.T[order]


# %% right="strongest: keeps away from the earlier ones"
def strongest(a, start, k, steps):
    values, vectors = [], []
    for _ in range(k):
        v = start
        for _ in range(steps):
            for u in vectors:
                v = v - (u @ v) * u
            v = a @ v / (a @ v).norm()
        values.append(v @ a @ v)
        vectors.append(v)
    return torch.stack(values), torch.stack(vectors)


# %% wrong="strongest: as it was"
def strongest(a, start, k, steps):
    values, vectors = [], []
    for _ in range(k):
        vector = start
        for _ in range(steps):
            vector = a @ vector / (a @ vector).norm()
        value = (a @ vector).norm()
        a = a - value * torch.outer(vector, vector)
        values.append(value)
        vectors.append(vector)
    return torch.stack(values), torch.stack(vectors)


# %% wrong="strongest: adds instead of subtracting"
def strongest(a, start, k, steps):
    values, vectors = [], []
    for _ in range(k):
        vector = start
        for _ in range(steps):
            vector = a @ vector / (a @ vector).norm()
        value = (a @ vector).norm()
        a = a + value * torch.outer(vector, vector)
        values.append(value)
        vectors.append(vector)
    return torch.stack(values), torch.stack(vectors)


# %% wrong="strongest: every eigenvalue negative"
def strongest(a, start, k, steps):
    values, vectors = [], []
    for _ in range(k):
        vector = start
        for _ in range(steps):
            vector = a @ vector / (a @ vector).norm()
        value = -(a @ vector).norm()
        a = a - value * torch.outer(vector, vector)
        values.append(value)
        vectors.append(vector)
    return torch.stack(values), torch.stack(vectors)


# %% wrong="strongest: the sign of the first entry only"
def strongest(a, start, k, steps):
    values, vectors = [], []
    for _ in range(k):
        vector = start
        for _ in range(steps):
            vector = a @ vector / (a @ vector).norm()
        value = (a @ vector).norm() * vector[0].sign()
        a = a - value * torch.outer(vector, vector)
        values.append(value)
        vectors.append(vector)
    return torch.stack(values), torch.stack(vectors)


# %% wrong="strongest: right values, but the matrix is never deflated"
def strongest(a, start, k, steps):
    values, vectors = [], []
    for _ in range(k):
        vector = start
        for _ in range(steps):
            vector = a @ vector / (a @ vector).norm()
        value = vector @ a @ vector
        values.append(value)
        vectors.append(vector)
    return torch.stack(values), torch.stack(vectors)


# %% [markdown]
# ### Six questions
# Two to five sentences each are enough. A sketch in words is welcome.

# %% [markdown] question="small_p" points=2
# **Is it a norm?** For $p = \frac12$ the formula of the $p$-norm can still be evaluated. Compute it for (1, 0), for
# (0, 1) and for their sum, and say which rule of a norm breaks. And why do people like $p = 1$ when they want many
# entries of a vector to become exactly zero? (Look at the picture of the unit curves.)
#
# ### BEGIN MARK SCHEME
# - 1 point: 1, 1 and (1 + 1)² = 4, and 4 > 1 + 1: the triangle inequality breaks.
# - 1 point: the unit curve of p = 1 has corners on the axes, and a corner is touched first when one pushes from
#   outside, so that solutions lie on axes (entries zero); the round curve of p = 2 has no preferred places.
# ### END MARK SCHEME

# %% [markdown] question="no_way_back" points=2
# **No way back.** A square matrix has determinant 0. Explain to somebody who saw only the first picture of this
# notebook why it can have no inverse. What do you know about its rank, its null space and its eigenvalues?
#
# ### BEGIN MARK SCHEME
# - 1 point: space is pressed flat (onto a line, a plane, a point); different arrows have the same image, so nothing
#   can tell which one it was.
# - 1 point: rank smaller than n; null space contains more than the zero vector; 0 is an eigenvalue. (Two of three are
#   enough.)
# ### END MARK SCHEME

# %% [markdown] question="right_angles" points=2
# **Why right angles?** The columns of $Q$ are orthonormal, those of $B$ are independent and nothing more. For both: how
# do you find the coordinates of a vector, and the shadow of a vector on the span of the columns, and what is saved in
# the first case? Why do lengths survive a multiplication by a square $Q$?
#
# ### BEGIN MARK SCHEME
# - 1 point: Q: dot products with the columns, Qᵀx, and shadow QQᵀx; B: a system has to be solved, Bc = x or the normal
#   equations, shadow B(BᵀB)⁻¹Bᵀx. Saved: the inverse, because QᵀQ = I.
# - 1 point: |Qx|² = xᵀQᵀQx = xᵀx.
# ### END MARK SCHEME

# %% [markdown] question="broken_system" points=2
# **A system that cannot be solved.** Why do the normal equations fail on the raw pixels of our digits? Give two ways
# out. What is the rank of $A^\top A$ compared with that of $A$?
#
# ### BEGIN MARK SCHEME
# - 1 point: pixels without ink are columns of zeros (others are mixes of each other), so the columns are dependent and
#   AᵀA, which has the same rank as A, is singular.
# - 1 point: two of: leave such columns out; use principal components or another independent set; add a small multiple
#   of the identity (ridge); use the pseudo-inverse (SVD).
# ### END MARK SCHEME

# %% [markdown] question="eigen_or_singular" points=2
# **Eigenvalues or singular values?** Name a matrix whose eigenvalues and singular values differ (a turn by 90° will
# do: what are they?), and a kind of matrix for which they are the same. Which of the two exist for a matrix of 784 by
# 10, and what does the largest one tell you?
#
# ### BEGIN MARK SCHEME
# - 1 point: turn by 90°: singular values 1, 1, eigenvalues ±i (no real ones); the same for symmetric positive
#   semidefinite matrices (for symmetric ones up to the sign). Any other right example counts.
# - 1 point: only singular values exist for a matrix that is not square; the largest is the most by which it can
#   stretch an arrow (spectral norm).
# ### END MARK SCHEME

# %% [markdown] question="read_the_table" points=2
# **Read your table.** Which two of your methods can your validation pictures not tell apart, and how do you see it?
# Why is a comparison with the published column not fair, and in which direction would you expect 60,000 training
# pictures to move nearest neighbour?
#
# ### BEGIN MARK SCHEME
# - 1 point: the two nearest-neighbour rows, with their numbers: they differ by less than two standard errors of a
#   difference (about 0.01, the root of the sum of the two squared standard errors). All other pairs lie further apart.
# - 1 point: other data, fewer of them and another validation set; more training pictures make the nearest one nearer,
#   so nearest neighbour should get better.
# ### END MARK SCHEME

# %% [markdown]
# ## What you have built
# Shadows, bases, determinants, elimination, least squares, eigenvectors, the SVD and PCA. All of it comes back. A
# linear layer is a matrix and a shift; attention is a table of dot products; the spread of singular values decides
# whether gradients vanish; and the covariance of the inputs decides how fast gradient descent can be. The next lesson
# is about those gradients.
