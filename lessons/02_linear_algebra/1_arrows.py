# %% [markdown]
# # Arrows, shadows and squeezed digits
# A neural network does two things with its numbers: it multiplies them by matrices, and it bends the result a little.
# This lesson is about the first of the two. You will move pictures about with matrices, take matrices apart in five
# different ways, and at the end pack handwritten digits into a fraction of their numbers and still read them.
#
# **How to read this notebook.** Before you run a cell, say what you expect to see. Then run it and look. Cells that
# read `# YOUR CODE HERE` or `____` are yours; the cell below each of them tells you how far you got. The promises below
# an exercise differ from one to the next: inputs in float64, for instance, come only where they are promised. No exercise
# needs your answer to another one, so if you get stuck on one, move on. (Pictures and tables that are made with your
# functions have to wait for them.)
#
# **In this part you will** measure how far two arrows agree and how long one is, by more than one ruler, and split one
# into its shadow on another and what is left.

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
    """The numbers of a tensor, array or list (of numbers or of tensors), in double precision."""
    if isinstance(value, list | tuple) and any(isinstance(item, torch.Tensor) for item in value):
        return torch.stack([doubles(item) for item in value])
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
# The angle is in degrees. Neither vector is zero. Nor is one a multiple of the other, because rounding could then put
# the cosine just above 1, where `acos` returns `nan`.


# %% solution="compare" promises="leaves-inputs, tensors, no-trace"
def compare(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The dot product, x at length one, the cosine, and the angle in degrees, of two vectors (n,)."""
    dot = (x * y).sum()  # ? (x * y).sum()
    length_x = (x * x).sum().sqrt()  # ? (x * x).sum().sqrt()
    length_y = (y * y).sum().sqrt()  # ? (y * y).sum().sqrt()
    unit = x / length_x  # ? x / length_x
    cosine = dot / (length_x * length_y)  # ? length_x * length_y
    angle = torch.rad2deg(torch.acos(cosine))  # ? acos
    return dot, unit, cosine, angle


# %% [markdown] explains="compare"
# Every line is one of the three formulas, read from the inside out. The dot product multiplies number by number and adds
# up, so `(x * y).sum()` works for any number of entries. A vector's dot product with itself is the sum of its squares:
# the root of it is the length, which is Pythagoras in any number of dimensions.
#
# Dividing by the length changes how long an arrow is and not where it points. That gives `unit`. It also explains the
# cosine: `dot / (length_x * length_y)` is the dot product of the two unit arrows, from which both lengths are gone. So
# stretching `x` must leave the cosine and the angle alone. If yours changes, a length is missing in the divisor.
#
# `acos` goes back from a cosine to its angle, in radians; `rad2deg` turns these into degrees. Without the brackets around
# the product, `dot / length_x * length_y` would multiply by the second length: Python works from left to right.


# %% tests="compare" points=4
def examples(rng):
    yield checks.example(compare, {"x": rng.tensor(5), "y": rng.tensor(5)})


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
with checks.check(
    "dot product and cosine of any vectors", hint="does the sum take every pair? the cosine divides it by both lengths"
):
    lengths = math.hypot(*x.tolist()) * math.hypot(*y.tolist())
    for size in (1.0, 1e-3, 1e3):
        dot, _, cosine, _ = compare(size * x, y)
        checks.close(dot, size * slow, rtol=1e-4, atol=1e-5 * size, what="dot product")
        checks.close(cosine, slow / lengths, rtol=1e-4, atol=1e-5, what="cosine")
        dot, _, cosine, _ = compare(x, size * y)
        checks.close(dot, size * slow, rtol=1e-4, atol=1e-5 * size, what="dot product")
        checks.close(cosine, slow / lengths, rtol=1e-4, atol=1e-5, what="cosine")
    long = torch.cat([torch.zeros(300), x])  # what counts comes late
    dot, _, cosine, _ = compare(long, torch.cat([rng.tensor(300), y]) * 1.0)
    checks.close(dot, slow, rtol=1e-4, atol=1e-5, what="dot product of long vectors")
with checks.check("a unit vector has length 1 and the old direction", hint="divide by the length of the vector"):
    length = math.hypot(*x.tolist())
    far = torch.cat([rng.tensor(400), x])
    checks.close(
        compare(far, far.flip(0))[1], far.double() / far.double().norm(), rtol=1e-4, atol=1e-6, what="a long one"
    )
    for size in (1.0, 1e-3, 1e3):
        checks.close(compare(size * x, y)[1], [value / length for value in x.tolist()], rtol=1e-4, atol=1e-6)
with checks.check("angles of arrows that were drawn by angle", hint="degrees; acos undoes the cosine"):
    for between in (rng.uniform(20, 80), 90.0, rng.uniform(100, 160)):
        for size in (2, 3, 8):
            one, side = torch.linalg.qr(rng.tensor(size, 2)).Q.T
            other = math.cos(math.radians(between)) * one + math.sin(math.radians(between)) * side
            checks.close(compare(one * rng.uniform(0.5, 3), other * rng.uniform(0.5, 3))[3], between, rtol=1e-3)
### END HIDDEN TESTS

# %% [markdown]
# A cosine always lies between −1 and 1, which means $|x \cdot y| \le \|x\|\,\|y\|$: the **Cauchy–Schwarz inequality**, with
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
# The most similar three is far ahead. Looking for the most similar picture and copying its label is already a
# classifier, and not a bad one, as you will see at the end.
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


# %% solution="norms" promises="leaves-inputs, tensor, any-float, any-layout, no-trace"
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


# %% [markdown] explains="norms"
# The formula says in which order to work: first the size of each entry, then the power, then the sum, then the root of
# the whole. The absolute value must come first. With $p = 3$ an entry of −2 would count as −8 and cancel an entry of 2,
# and with $p = 1.5$ the power of a negative number is `nan`.
#
# For $p = \infty$ there is nothing to raise to a power. As $p$ grows, the largest entry outweighs all others, and the root
# gives it back: what remains in the limit is the largest size. So this case has a line of its own. It cannot be computed
# by putting in a large $p$: a power such as $10^{30 \cdot p}$ fits into no float.
#
# The Frobenius norm reads a matrix as one long vector and takes the 2-norm of it. Summing over all entries at once does
# that, whatever the shape. The second formula agrees: entry $(j, j)$ of $A^\top A$ is column $j$ times itself, and the
# trace adds up the columns. It computes a whole matrix to use its diagonal alone, so the short formula is also the cheap one.


# %% tests="norms" points=5
def examples(rng):
    yield checks.example(p_norm, {"x": rng.tensor(5), "p": 3})
    yield checks.example(p_norm, {"x": rng.tensor(4), "p": math.inf})
    yield checks.example(frobenius, {"a": rng.tensor(2, 4)})


with checks.check("3, −4 in three norms", hint="1-norm: add the sizes; 2-norm and Frobenius: Pythagoras"):
    x = torch.tensor([3.0, -4.0])
    checks.close(p_norm(x, 1), 7.0, what="1-norm")
    checks.close(p_norm(x, 2), 5.0, what="2-norm")
    checks.close(frobenius(torch.tensor([[3.0], [-4.0]])), 5.0, what="Frobenius norm of the column 3, −4")
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("any p, odd or not whole", hint="the size of each entry, the power, the sum, the root of it"):
    x = torch.cat([rng.tensor(3, low=0.5, high=2), -rng.tensor(3, low=0.5, high=2)])  # both signs, always
    for p in (1, 3, rng.uniform(1.04, 1.08), rng.uniform(1.2, 1.8), rng.uniform(4, 6), 12.5):
        for size in (1.0, 0.03):
            right = sum(abs(size * v) ** p for v in x.tolist()) ** (1 / p)
            checks.close(p_norm(size * x, p), right, rtol=1e-4, atol=0)
        checks.close(p_norm(torch.tensor([-2.5]), p), 2.5, rtol=1e-4)
        many = torch.cat([torch.zeros(500), x, torch.zeros(500)])
        checks.close(p_norm(many, p), sum(abs(v) ** p for v in x.tolist()) ** (1 / p), rtol=1e-4, what="a long one")
with checks.check("the norm for p = inf", hint="the largest size, whatever its sign"):
    x = torch.cat([rng.tensor(5, low=-2, high=2), torch.tensor([-rng.uniform(5, 9)])])
    for vector in (x, -x):
        checks.close(p_norm(vector, math.inf), -x.min())
    checks.close(p_norm(torch.tensor([-3.0, 3.0, -3.0, 0.0]), math.inf), 3.0)
    for size in (1e-6, 1e30):  # no power of these could be computed
        checks.close(p_norm(size * x, math.inf), -size * x.min(), rtol=1e-4, atol=0)
with checks.check("Frobenius norm of matrices, square or not", points=2, hint="how many entries take part?"):
    a = rng.tensor(rng.integer(2, 3), rng.integer(4, 6))
    for matrix in (a, a.T, 1e-3 * a, 1e3 * a, rng.tensor(3, 3), rng.tensor(12, 90), torch.tensor([[-2.5]])):
        right = math.sqrt(sum(v * v for row in matrix.tolist() for v in row))
        checks.close(frobenius(matrix), right, rtol=1e-4, atol=0)
### END HIDDEN TESTS

# %% [markdown]
# Now let light fall at a right angle onto the line through an arrow $a$. An arrow $x$ throws a **shadow** on that
# line: its **projection**, the point of the line that is nearest to $x$. What is left of $x$ (the **residual**)
# stands at a right angle to $a$. This one picture is the idea behind Gram–Schmidt, least squares and PCA.
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


# %% solution="project" promises="leaves-inputs, differentiable(x, a), tensors, any-float"
def project(x: torch.Tensor, a: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The projection of x (n,) on the line through a (n,), and the rest of x."""
    share = (x * a).sum() / (a * a).sum()  # ? (x * a).sum() | (a * a).sum()
    shadow = share * a  # ? share * a
    rest = x - shadow  # ? x - shadow
    return shadow, rest


# %% [markdown] explains="project"
# The shadow is a point of the line, so it is `share * a` for some number, and only the number is to be found. What is
# left must stand at a right angle to $a$: $(x - s\,a) \cdot a = 0$. Solve that for $s$ and you get
# $s = (x \cdot a) / (a \cdot a)$, which is the formula.
#
# Why $a \cdot a$, and not $\|a\|$? The direction of $a$ alone is $a / \|a\|$, and the length of the shadow along it is
# $x \cdot a / \|a\|$. The formula multiplies these two, so it divides by $\|a\|$ twice. Try it: an $a$ that is twice as long
# must cast the same shadow. With $\|a\|$ the shadow would double; with $a \cdot a$ the two factors cancel.
#
# The rest needs no formula of its own. Shadow and rest make up $x$, so it is what remains when the shadow is taken away,
# and the right angle comes for free.


# %% tests="project" points=3
def examples(rng):
    yield checks.example(project, {"x": rng.tensor(4), "a": rng.tensor(4) + 2})


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
along, across = torch.linalg.qr(rng.tensor(n, 2)).Q.T
with checks.check(
    "the nearest point of the line, for any length of a", hint="divide by the dot product of a with itself"
):
    nearest = torch.linalg.lstsq(a[:, None].double(), x[:, None].double()).solution[0, 0]
    for sign in (1, -1):
        checks.close(project(sign * x, a)[0], sign * nearest * a.double(), rtol=1e-4, atol=1e-5)
    for foot in (-3.0, -0.4, 0.0, 0.4, 3.0):  # before and behind the origin, short of a's tip and beyond it
        for length, left in ((1e-3, 1.0), (0.5, 0.01), (1e3, 1.0)):
            shadow, rest = project(foot * along + left * across, length * along)
            checks.close(shadow, foot * along, rtol=1e-4, atol=1e-5, what="shadow")
            checks.close(rest, left * across, rtol=1e-4, atol=1e-5, what="rest")
with checks.check("the rest stands at a right angle, and nothing is lost", hint="shadow and rest add up to x"):
    shadow, rest = (doubles(part) for part in project(x, a))
    checks.close(shadow + rest, x, rtol=1e-4, atol=1e-5, what="shadow + rest")
    checks.close(rest @ a.double() / a.norm(), 0.0, atol=1e-4, what="rest · a / |a|")
    checks.true(bool(shadow.norm() <= x.norm() * 1.0001), "the shadow is longer than the arrow")
### END HIDDEN TESTS

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
# **Now you can** compare two arrows, measure one by any $p$-norm, and split off its shadow on another.
#
# *Further reading:* Deisenroth, Faisal, Ong, *Mathematics for Machine Learning* (2020, free online), chapter 3: norms,
# angles, projections; 3Blue1Brown's video series *Essence of linear algebra*, which draws everything up to section 5.
