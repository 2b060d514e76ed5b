# %% [markdown]
# # Blame
# A network looked at a seven and said "one". It has a hundred thousand numbers in it. Which of them are to blame, and by
# how much? The answer to that question is called a gradient, and every network that you have heard of was trained by
# asking it, a few million times. This lesson builds the machine that answers: first the slow way, which anybody can
# check, then PyTorch's, and at the end your own, which trains a network that reads digits.
#
# **How to read this notebook.** Before you run a cell, say what you expect to see. Then run it and look. Cells that
# read `# YOUR CODE HERE` or `____` are yours; the cell below each of them tells you how far you got. No exercise needs
# your answer to another one, so if you get stuck on one, move on. (Pictures that are made with your functions have to
# wait for them.)
#
# **In this part you will** measure slopes with nothing but function calls: one, one for each input, one in any
# direction, and whole tables of them, the Jacobian and the Hessian.
#
# The slope of $\sin$ at 1 is $\cos 1$. To measure it, take a small step $h$ and divide the change by $h$. **Predict:**
# how does the error change as the step gets smaller and smaller?

# %% setup
import math
import time

import matplotlib.pyplot as plt
import numpy as np
import sympy
import torch
import torch.nn.functional as F

from course import checks, data, device

# %% setup
torch.set_num_threads(1)  # our arrays are small: two threads would mostly wait for each other
digits = data.digits()  # 4,000 pictures to learn from, 1,000 to check with
reached: dict[str, float] = {}  # what your code reaches, for the table at the end


def show(pictures, titles=(), size=1.6, **options):
    """Draw pictures side by side: ink dark on white paper, unless the options say otherwise."""
    options = options or {"cmap": "gray_r", "vmin": 0, "vmax": 1}
    figure, axes = plt.subplots(1, len(pictures), figsize=(size * len(pictures), size + 0.4), squeeze=False)
    for place, axis in enumerate(axes[0]):
        axis.imshow(np.reshape(pictures[place], (28, 28)), **options)
        axis.set_title(titles[place] if titles else "", fontsize=9)
        axis.set_axis_off()
    figure.tight_layout()


# %%
steps = 10.0 ** np.arange(-15, 0.1, 0.25)
forward_error = abs((np.sin(1 + steps) - np.sin(1)) / steps - np.cos(1))
central_error = abs((np.sin(1 + steps) - np.sin(1 - steps)) / (2 * steps) - np.cos(1))
plt.figure(figsize=(6, 3.2))
plt.loglog(steps, forward_error, ".-", label="one step forward")
plt.loglog(steps, central_error, ".-", label="a step to either side")
plt.gca().set(xlabel="step h", ylabel="error of the slope", title="sin at 1: smaller steps, smaller errors?")
plt.legend()
plt.tight_layout()

# %% [markdown]
# Two **V**s. Down the right arm everything goes as the definition says: the smaller the step, the better. Then the
# curves turn round, and at $h = 10^{-15}$ hardly two digits of the "slope" are right. Something else has taken over: the
# computer keeps 16 digits of each value, the two values that we subtract agree in nearly all of them, and what is left
# of the difference is mostly rounding, which we then divide by a tiny number.
#
# Try another function (and its derivative), or put `steps.astype("float32")` in: where is the bottom of the V then?
#
# ## 1 · A slope, measured
#
# The **derivative** of $f$ at $x$ is the slope of its graph there: the limit of $\frac{f(x+h) - f(x)}{h}$ as $h$ goes
# to 0. A computer cannot take a limit, but it can take a small step. The **forward difference** is that very fraction.
# The **central difference** steps to both sides, and it costs no more:
#
# $$f'(x) \approx \frac{f(x+h) - f(x)}{h} \qquad\qquad f'(x) \approx \frac{f(x+h) - f(x-h)}{2h}$$
#
# Why is the right one better? Write $f(x \pm h) = f(x) \pm h f'(x) + \frac{h^2}{2} f''(x) \pm \frac{h^3}{6} f'''(x) + …$
# and subtract: the term with $f''$ is the same on both sides and cancels. So the forward error shrinks like $h$, the
# central one like $h^2$. (Look at the slopes of the right arms.) *Adding* the two sides leaves the second derivative:
#
# $$f''(x) \approx \frac{f(x+h) - 2 f(x) + f(x-h)}{h^2}$$
#
# ### Exercise: three differences
# difficulty 1/5 · 5 minutes · cards: derivative, central-difference, step-size-v
#
# Fill the blanks. `f` takes a number and returns one.


# %% solution="differences" promises="numbers, no-trace"
def differences(f, x: float, h: float) -> tuple[float, float, float]:
    """The forward difference, the central one, and the second derivative of f at x, with steps of length h."""
    forward = (f(x + h) - f(x)) / h  # ? f(x + h) - f(x)
    central = (f(x + h) - f(x - h)) / (2 * h)  # ? f(x + h) - f(x - h) | 2 * h
    second = (f(x + h) - 2 * f(x) + f(x - h)) / h**2  # ? f(x + h) - 2 * f(x) + f(x - h) | h**2
    return forward, central, second


# %% [markdown] explains="differences"
# Each formula is a rise divided by a run, so the run has to be the distance between the two places: `h` for one step
# forward, `2 * h` from one side to the other. Mind the brackets. `/ 2 * h` divides by two and then *multiplies* by h,
# which for a small step gives nearly nothing.
#
# Check by hand with the parabola at 3 and steps of one half: $(12.25 - 9)/0.5 = 6.5$, $(12.25 - 6.25)/1 = 6$,
# $(12.25 - 18 + 6.25)/0.25 = 2$. The central difference is exact even with so large a step, because for a parabola the
# only error of the forward one, $\frac h2 f''$, is the same on both sides and cancels. In the second derivative the
# middle is taken away twice, once for each side; with only one `f(x)`, what is left grows beyond all bounds.


# %% tests="differences" points=3
def of_polynomial(differences, coefficients, x, h):
    """The three differences of the polynomial with these coefficients: of 1, x, x² and so on."""
    return differences(lambda v: sum(c * v**k for k, c in enumerate(coefficients)), x, h)


def examples(rng):
    def found(coefficients, x):
        return checks.on_student_side(of_polynomial, differences, coefficients, x, 0.1)

    yield checks.example(found, {"coefficients": rng.tensor(4).tolist(), "x": rng.uniform(-1, 1)})


with checks.check("the parabola at 3, with steps of one half", hint="f(3.5) = 12.25, f(3) = 9, f(2.5) = 6.25"):
    forward, central, second = checks.on_student_side(of_polynomial, differences, [0.0, 0.0, 1.0], 3.0, 0.5)
    checks.close(forward, 6.5, what="forward")
    checks.close(central, 6.0, what="central")
    checks.close(second, 2.0, what="second derivative")
### BEGIN HIDDEN TESTS
rng = checks.rng()
# For c0 + c1 x + … + c4 x⁴ each difference is known exactly, so that a large step tells the formulas apart.
cases = [(rng.tensor(5).tolist(), rng.uniform(-2, 2), h) for h in (1.0, 0.25, 0.01, -0.5)]
cases += [([-one for one in cases[0][0]], *cases[0][1:])]  # one of the two falls
with checks.check("slopes of any polynomial, with steps of any length", hint="which of the two looks back as well?"):
    for (_, c1, c2, c3, c4), x, h in cases:
        slope = c1 + 2 * c2 * x + 3 * c3 * x**2 + 4 * c4 * x**3
        odd = (c3 + 4 * c4 * x) * h**2
        even = (c2 + 3 * c3 * x + 6 * c4 * x**2) * h + c4 * h**3
        got = checks.on_student_side(of_polynomial, differences, [_, c1, c2, c3, c4], x, h)
        checks.close(got[0], slope + even + odd, rtol=1e-6, atol=1e-9, what="forward")
        checks.close(got[1], slope + odd, rtol=1e-6, atol=1e-9, what="central")
with checks.check("second derivatives", hint="the two sides are added, and f(x) is taken away twice"):
    for c, x, h in cases:
        right = 2 * c[2] + 6 * c[3] * x + 12 * c[4] * x**2 + 2 * c[4] * h**2
        checks.close(checks.on_student_side(of_polynomial, differences, c, x, h)[2], right, rtol=1e-6, atol=1e-7)
### END HIDDEN TESTS

# %% [markdown]
# Where is the bottom of the V? Rounding contributes about $\varepsilon |f| / h$, where $\varepsilon$ is the spacing of
# the numbers around 1; the cut series contributes about $h |f''| / 2$ (forward) or $h^2 |f'''| / 6$ (central). The first
# falls with $h$, the second grows, and the sum is smallest about where they are equal: at $h \approx \sqrt\varepsilon$
# and $h \approx \sqrt[3]\varepsilon$. **Predict** the best step, and the error there, for float32.

# %%
print(f"{'':10}{'spacing':>9}{'best step':>11}{'error':>9}   for the central difference of sin at 1")
for kind in (np.float64, np.float32):
    x, h = kind(1), steps.astype(kind)
    with np.errstate(all="ignore"):
        error = abs((np.sin(x + h) - np.sin(x - h)) / ((x + h) - (x - h)) - np.cos(1.0))
    best = int(np.nanargmin(error))
    print(f"{kind.__name__:10}{np.finfo(kind).eps:9.0e}{steps[best]:11.0e}{error[best]:9.0e}")

# %% [markdown]
# (A single point of the V is a matter of luck, since rounding errors are as good as random. So the best step that you
# see is only near the cube root, and the error at it is luckier than the typical one.)
#
# The lesson for practice: **check gradients in float64**, with a step around $10^{-5}$, and expect eight to ten correct
# digits, not sixteen. In float32 a correct gradient may look wrong in the third or fourth.
#
# *Further reading:* Nocedal and Wright, *Numerical Optimization*, section 8.1 (finite differences and their step);
# Baydin et al., "Automatic Differentiation in Machine Learning: a Survey" (2018), arXiv 1502.05767, sections 2 and 3.
#
# ## 2 · A slope for every input
#
# A function of many numbers has a slope for each: hold all the others still, move one. That is a **partial
# derivative**, and the partial derivatives of all the inputs together are the **gradient**, in the same shape as the
# input:
#
# $$\frac{\partial f}{\partial x_i} = \lim_{h \to 0} \frac{f(x + h e_i) - f(x)}{h} \qquad\qquad
# \nabla f = \Bigl(\frac{\partial f}{\partial x_1}, …, \frac{\partial f}{\partial x_n}\Bigr)$$
#
# ($e_i$ is 1 in place $i$ and 0 elsewhere.) And if you walk neither along one axis nor along another, but in the
# direction of $u$? The **directional derivative** is how fast $f$ changes for each unit of *length* walked that way.
#
# ### Exercise: a gradient without any calculus
# difficulty 3/5 · 12 minutes · cards: gradient, partial-derivative, directional-derivative
#
# Write both by central differences with steps of length `h`. `f` takes a float64 array of the shape of `x`, which may
# be any shape, `()` included, and returns a number. `x` may be a part of another array, a transposed one for instance.
# `direction` has the shape of `x`, is not zero, and has *any* length: only where it points counts.
#
# hint: `np.ndindex(x.shape)` runs through all places of an array of any shape. `x.reshape(-1)` is sometimes a view of
# `x` and sometimes a copy.
#
# hint: Whoever moves one entry has to move it back, or work on a copy.


# %% solution="numeric_gradient" promises="leaves-inputs, no-trace, any-size(one number)"
def numeric_gradient(f, x: np.ndarray, h: float) -> np.ndarray:
    """The gradient of f at x, in the shape of x."""
    ### BEGIN SOLUTION
    slopes = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[place] += h
        down[place] -= h
        slopes[place] = (f(up) - f(down)) / (2 * h)
    return slopes
    ### END SOLUTION


def directional(f, x: np.ndarray, direction: np.ndarray, h: float) -> float:
    """How fast f changes at x for each unit of length in this direction."""
    ### BEGIN SOLUTION
    unit = direction / np.sqrt((direction**2).sum())
    return (f(x + h * unit) - f(x - h * unit)) / (2 * h)
    ### END SOLUTION


# %% [markdown] explains="numeric_gradient"
# One entry moves and all others stand still, so each step works on a fresh copy. If you move the entries of `x` itself,
# you have to put each one back, also when `f` raises an error, and rounding may not even bring it back exactly.
# `np.ndindex(x.shape)` gives every place as a tuple, for any shape; for `()` it gives the one empty tuple, and `x[()]`
# is the number.
#
# `flat = x.reshape(-1)` is the trap. For a transposed array it is a copy: you move entries of the copy, `f` sees an
# unmoved `x`, and every slope is 0. In `directional` the step must have the length `h`, so the direction is divided by
# its length. For $(x_1 + x_2)^2$ at (1, 2) the gradient is (6, 6); along (3, 3) the slope is $12/\sqrt 2 = 8.5$, while
# without dividing it would come out as 36.


# %% tests="numeric_gradient" points=6
def of_landscape(found, x, weights, h, direction=None, layout="plain"):
    """The gradient, or the slope in a direction, of the sum of weights x³ plus the square of the sum of x."""
    import numpy as np

    def landscape(v):
        if v.shape != weights.shape:
            raise ValueError(f"f takes an array of shape {weights.shape}, and was given one of shape {v.shape}")
        return float((weights * v**3).sum() + v.sum() ** 2)

    if layout == "a part of another":
        x = np.stack([x, x + 1.0], axis=-1)[..., 0]
    elif layout == "transposed":
        x = np.ascontiguousarray(x.T).T
    given = [x.copy()] if direction is None else [x.copy(), direction]
    got = found(landscape, *([x] if direction is None else [x, direction]), h)
    if not np.array_equal(x, given[0]):
        raise ValueError("x is not what it was before the call")
    return got


def array(rng, *shape):
    return rng.tensor(*shape, dtype=torch.float64).numpy()


def examples(rng):
    x, weights = array(rng, 2, 3), array(rng, 2, 3)
    along = lambda x, weights, direction: checks.on_student_side(of_landscape, directional, x, weights, 0.1, direction)
    every = lambda x, weights: checks.on_student_side(of_landscape, numeric_gradient, x, weights, 0.1)
    yield checks.example(every, {"x": x, "weights": weights})
    yield checks.example(along, {"x": x, "weights": weights, "direction": array(rng, 2, 3)})
    one = {"x": np.array(1.5), "weights": np.array(0.0)}
    yield checks.example(every, one, size="one number", right=lambda x, weights: 2 * x)


with checks.check("the square of a sum", hint="each entry on its own, by a step to either side", points=1):
    got = checks.on_student_side(of_landscape, numeric_gradient, np.array([1.0, 2.0]), np.zeros(2), 0.1)
    checks.close(got, [6.0, 6.0], rtol=1e-6)
with checks.check("along the diagonal", hint="how long is the direction (3, 3)?", points=1):
    x, direction = np.array([1.0, 2.0]), np.array([3.0, 3.0])
    got = checks.on_student_side(of_landscape, directional, x, np.zeros(2), 0.1, direction)
    checks.close(got, 12 / math.sqrt(2), rtol=1e-6)
### BEGIN HIDDEN TESTS
rng = checks.rng()
cases = [(array(rng, *shape), array(rng, *shape)) for shape in ((4,), (2, 3), (3, 2, 2), (1,), ())]
with checks.check(
    "arrays of any shape, with steps of any length", points=2, hint="the slope of each place stands in that place"
):
    for x, weights in cases:
        for h in (0.5, 1e-2, 1e-5):  # for a cubic the central difference is known exactly
            right = weights * (3 * x**2 + h**2) + 2 * x.sum()
            got = checks.on_student_side(of_landscape, numeric_gradient, x, weights, h)
            checks.close(got, right, rtol=1e-5, atol=1e-6, what=f"shape {x.shape}, h = {h}")
with checks.check("parts of other arrays, transposed ones", hint="is reshape(-1) a view here, or a copy?"):
    for layout in ("a part of another", "transposed"):
        x, weights = cases[1]
        got = checks.on_student_side(of_landscape, numeric_gradient, x, weights, 0.1, None, layout)
        checks.close(got, weights * (3 * x**2 + 0.01) + 2 * x.sum(), rtol=1e-5, atol=1e-6, what=layout)
with checks.check("any direction, of any length", hint="a step of length h; only where the direction points counts"):
    for x, weights in cases:
        for size in (1.0, 1e-3, 40.0, -1.0):
            direction, h = size * (0.1 + abs(x)), 0.3
            unit = direction / math.sqrt(float((direction**2).sum()))
            right = (weights * (3 * x**2 * unit + h**2 * unit**3)).sum() + 2 * x.sum() * unit.sum()
            got = checks.on_student_side(of_landscape, directional, x, weights, h, direction)
            checks.close(got, right, rtol=1e-5, atol=1e-6, what=f"direction times {size}")
### END HIDDEN TESTS

# %% [markdown]
# Look at the gradient of something that you can see. Our "classifier" is the simplest one: the closer a picture is to
# the mean picture of a class, the more it believes in it. $f$ is its belief that a certain seven is a three, and the
# gradient has one number for each of the 784 pixels: how much *more* three would it be with more ink there?
# **Predict** where the gradient is positive (red).

# %%
means = torch.stack([digits.train_x[digits.train_y == digit].mean(dim=0).flatten() for digit in range(10)]).numpy()
seven = digits.train_x[digits.train_y == 7][3].flatten().double().numpy()


def belief_in_three(picture):
    closeness = -0.1 * ((picture - means) ** 2).sum(axis=1)
    return closeness[3] - np.log(np.exp(closeness).sum())


began = time.perf_counter()
slopes = numeric_gradient(belief_in_three, seven, 1e-5)
took = time.perf_counter() - began
show([seven, means[3]], ["a seven", "the mean three"])
show([slopes], ["more ink: more three?"], size=2.4, cmap="coolwarm", vmin=-0.1, vmax=0.1)

# %% [markdown]
# Red along the strokes of a three, at the top, in the middle and at the bottom; blue in the two bays on the left that a
# three leaves open. Nobody told it; it is what the derivative says. Now the slope in three directions. **Predict** their
# order, and how far apart they are.

# %%
generator = np.random.default_rng(3)
for name, way in (("along the gradient", slopes), ("random", generator.normal(size=784)), ("against it", -slopes)):
    print(f"{name:20}{directional(belief_in_three, seven, way, 1e-5):8.3f} for each unit of length")
print(f"{'length of gradient':20}{np.linalg.norm(slopes):8.3f}")
print(
    f"784 slopes took {took:.2f} s: a network of 100,000 numbers would take about {took * 100_000 / 784:.0f} s a step"
)

# %% [markdown]
# No direction is steeper than the gradient's own, and the slope in it is the gradient's length. That is Cauchy–Schwarz:
# for a smooth $f$, the slope in the direction $u$ is the dot product $\nabla f \cdot u / \|u\|$. It also says why a
# random direction is so flat: in 784 dimensions nearly all directions are nearly at right angles to the gradient.
#
# The last line is the reason for the rest of this lesson. Two calls of $f$ for *each* number are fine for a check and
# hopeless for training, the more so as a call of a real network takes far longer than one of our $f$. Backpropagation
# finds all slopes for the price of a few calls.
#
# *Further reading:* *Mathematics for Machine Learning*, sections 5.1 and 5.2 (partial derivatives and gradients).
#
# ## 3 · Tables of slopes
#
# If a function has several outputs, each of them has a gradient. Stack them as rows, and you have the **Jacobian**:
# $J_{ij} = \partial f_i / \partial x_j$, as many rows as outputs, as many columns as inputs. It is the matrix that $f$
# *looks like* from close by: $f(x + d) \approx f(x) + J d$.
#
# If a function has one output, take the gradient, a function with as many outputs as inputs, and its Jacobian: that is
# the **Hessian**, $H_{ij} = \partial^2 f / \partial x_i \partial x_j$. It says how the slopes change: where the
# gradient is zero, its eigenvalues tell a bowl from a saddle. It is symmetric as long as those second derivatives are
# continuous.

# %%
turn = np.linspace(0, 2 * np.pi, 60)
bend = lambda p: np.stack([p[0] * np.cos(p[1]), p[0] * np.sin(p[1])])  # radius and angle become a place in the plane
around = np.array([2.0, 0.6])
figure, axes = plt.subplots(1, 3, figsize=(11, 2.8))
for axis, size in zip(axes, (1.0, 0.3, 0.05), strict=True):
    ring = size * np.stack([np.cos(turn), np.sin(turn)])
    table = np.array([[np.cos(0.6), -2 * np.sin(0.6)], [np.sin(0.6), 2 * np.cos(0.6)]])  # the Jacobian, on paper
    axis.plot(*(bend(around[:, None] + ring) - bend(around)[:, None]), label="the bent ring")
    axis.plot(*(table @ ring), "--", label="Jacobian times ring")
    axis.set(aspect="equal", adjustable="datalim", title=f"a ring of radius {size}")
    axis.locator_params(axis="x", nbins=5)
axes[0].legend(fontsize=7, loc="lower left")
figure.tight_layout()

# %% [markdown]
# From far away the map bends; from close by it is a matrix. **Predict** which of the two columns of the Jacobian
# changes if `around` moves to radius 4. (Put a 4 for each 2 in `around` and `table`, and run the cell again.)
#
# ### Exercise: Jacobian and Hessian
# difficulty 4/5 · 12 minutes · cards: jacobian, hessian, hessian-symmetric
#
# `jacobian` takes an `f` from arrays (n,) to arrays (m,); `hessian` one from arrays (n,) to a number. Everything is float64.
# You choose the steps yourself: entries of `x` and values of `f` are about 1 in size, and four correct digits are
# enough for either table.
#
# hint: Move one input: *all* outputs change. Is that a row of the Jacobian, or a column?
#
# hint: A second derivative divides by $h^2$. What does rounding do to it at $h = 10^{-8}$?


# %% solution="tables_of_slopes" promises="leaves-inputs, no-trace, any-size(one output, one input)"
def jacobian(f, x: np.ndarray) -> np.ndarray:
    """The Jacobian (m, n) of f at x (n,)."""
    ### BEGIN SOLUTION
    h, columns = 1e-5, []
    for step in h * np.eye(len(x)):
        columns.append((f(x + step) - f(x - step)) / (2 * h))
    return np.stack(columns, axis=1)
    ### END SOLUTION


def hessian(f, x: np.ndarray) -> np.ndarray:
    """The Hessian (n, n) of f at x (n,)."""
    ### BEGIN SOLUTION
    h = 1e-3

    def gradient(place):
        return np.array([(f(place + step) - f(place - step)) / (2 * h) for step in h * np.eye(len(x))])

    return np.stack([(gradient(x + step) - gradient(x - step)) / (2 * h) for step in h * np.eye(len(x))], axis=1)
    ### END SOLUTION


# %% [markdown] explains="tables_of_slopes"
# Move input j, and *all* outputs change: one pair of calls gives a whole column of the Jacobian. Hence `axis=1`;
# stacked as rows it would be the transpose, which for a square table has the right shape and the wrong meaning.
#
# The Hessian is the Jacobian of the gradient, so the same trick is done twice. What changes is the step. Two
# differences divide by $4h^2$, and rounding leaves about $10^{-16}$ in each value of f: with $h = 10^{-8}$ that is an
# error of about 1/4, as large as the answer. The cut series contributes about $h^2$. With $h = 10^{-3}$ the two errors
# are about $10^{-10}$ and $10^{-6}$, far better than the four digits that were asked for. A Jacobian divides by h only
# once and may take $10^{-5}$.


# %% tests="tables_of_slopes" points=6
def of_map(jacobian, x, a, b):
    """The Jacobian of a x² + sin(b x), as the student's function finds it."""
    import numpy as np

    return jacobian(lambda v: a @ v**2 + np.sin(b @ v), x)


def of_bowl(hessian, x, q, w):
    """The Hessian of x q x / 2 + sin(w x), as the student's function finds it."""
    import numpy as np

    return hessian(lambda v: float(v @ q @ v / 2 + np.sin(w @ v)), x)


def array(rng, *shape):
    return rng.tensor(*shape, low=-0.6, high=0.6, dtype=torch.float64).numpy()


def right_map(x, a, b):
    return 2 * a * x + np.cos(b @ x)[:, None] * b


def right_bowl(x, q, w):
    return (q + q.T) / 2 - np.sin(w @ x) * np.outer(w, w)


def examples(rng):
    maps = lambda x, a, b: checks.on_student_side(of_map, jacobian, x, a, b)
    bowls = lambda x, q, w: checks.on_student_side(of_bowl, hessian, x, q, w)
    yield checks.example(maps, {"x": array(rng, 3), "a": array(rng, 2, 3), "b": array(rng, 2, 3)})
    yield checks.example(bowls, {"x": array(rng, 3), "q": array(rng, 3, 3), "w": array(rng, 3)})
    two, one = np.array([1.0, 2.0]), np.array([2.0])
    yield checks.example(
        maps, {"x": two, "a": np.ones((1, 2)), "b": np.zeros((1, 2))}, size="one output", right=[[2.0, 4.0]]
    )
    yield checks.example(
        maps, {"x": one, "a": np.ones((2, 1)), "b": np.zeros((2, 1))}, size="one input", right=[[4.0], [4.0]]
    )
    yield checks.example(bowls, {"x": one, "q": np.ones((1, 1)), "w": np.zeros(1)}, size="one input", right=[[1.0]])


with checks.check("two outputs of three inputs", hint="a row for each output, a column for each input"):
    a = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]])
    got = checks.on_student_side(of_map, jacobian, np.array([0.5, 1.0, 1.5]), a, np.zeros((2, 3)))
    checks.close(got, [[1.0, 0.0, 0.0], [0.0, 2.0, 3.0]], rtol=1e-4, atol=1e-5)
with checks.check(
    "a saddle: the product of two numbers", hint="how does the first slope change with the second number?"
):
    got = checks.on_student_side(
        of_bowl, hessian, np.array([0.4, -0.3]), np.array([[0.0, 2.0], [0.0, 0.0]]), np.zeros(2)
    )
    checks.close(got, [[0.0, 1.0], [1.0, 0.0]], rtol=1e-4, atol=1e-4)
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("Jacobians of bent maps", points=2, hint="entry (i, j): output i, input j"):
    for m, n in ((3, 3), (2, 5), (5, 2), (1, 3), (3, 1)):
        x, a, b = array(rng, n), array(rng, m, n), array(rng, m, n)
        checks.close(checks.on_student_side(of_map, jacobian, x, a, b), right_map(x, a, b), rtol=1e-4, atol=1e-4)
with checks.check("Hessians of bent bowls", points=2, hint="every pair of inputs, the same one twice included"):
    for n in (1, 2, 3, 5):
        x, q, w = array(rng, n), array(rng, n, n), array(rng, n)
        checks.close(checks.on_student_side(of_bowl, hessian, x, q, w), right_bowl(x, q, w), rtol=1e-4, atol=1e-4)
### END HIDDEN TESTS

# %% [markdown]
# Your Hessian at work: the height of $x^3 - 3xy^2$ (a saddle for a monkey, with a place for the tail), and the
# eigenvalues of the Hessian at four places. **Predict** the signs.

# %%
monkey = lambda v: float(v[0] ** 3 - 3 * v[0] * v[1] ** 2)
for place in ([1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, 0.0]):
    print(place, np.linalg.eigvalsh(hessian(monkey, np.array(place))).round(3))

# %% [markdown]
# Always one direction up and one down, with the same strength, except in the middle, where the Hessian is zero and says
# nothing at all. So a bowl needs *all* eigenvalues to be positive, and a Hessian of zeros leaves everything open.
#
# **Now you can** check any gradient that anybody claims, with the right step and the right expectation of digits, and
# read Jacobians and Hessians row by row.
#
# *Further reading:* *Mathematics for Machine Learning*, sections 5.3 (Jacobians), 5.7 and 5.8 (higher derivatives).
