# %% [markdown]
# ## 4 · What torch writes down
#
# **In this part you will** let PyTorch find slopes, check them against algebra, and read a picture off a gradient.
#
# While you compute with tensors, torch keeps a diary. Each result of an operation gets a `grad_fn`: which operation made
# it, and from what. Follow it and you walk back through the whole computation, a graph whose edges never lead in a
# circle (a **directed acyclic graph**). It begins at the **leaves**, the tensors that *you* made, and ends at its
# **root**, the result. Only what depends on a leaf with `requires_grad=True` is written down.
#
# **Predict:** how many lines will the diary of $(wx + 1)^2$ have, if only `w` requires a gradient?

# %%
w, x = torch.tensor(3.0, requires_grad=True), torch.tensor(2.0)
result = (w * x + 1) ** 2


def diary(node, depth=0):
    print("    " * depth + type(node).__name__)
    for earlier, _ in node.next_functions:
        if earlier is not None:
            diary(earlier, depth + 1)


diary(result.grad_fn)
print("leaves:", w.is_leaf, x.is_leaf, " root a leaf:", result.is_leaf, " x is recorded:", x.requires_grad)

# %% [markdown]
# The last line, `AccumulateGrad`, is where the walk meets a leaf. `x` is a leaf too, but nobody asked for its slope.
# `result.backward()` starts at the root with the slope of the result by itself, which is 1, goes through the diary
# backwards, and leaves the slope in `w.grad`. **Predict** the slope of $(2w + 1)^2$ at 3, and what the next lines say.

# %%
result.backward()
print("slope:", w.grad, " and of x:", x.grad)
attempts = (lambda: torch.tensor([1, 2], requires_grad=True), result.backward, w.numpy)
for title, attempt in zip(("whole numbers", "a second time", "to numpy"), attempts, strict=True):
    try:
        attempt()
    except RuntimeError as error:
        print(f"{title}: {str(error).split('.')[0][:110]}")

# %% [markdown]
# Whole numbers have no small steps, so they have no slopes. A second walk is refused because torch throws away what it
# kept for the walk as it goes (`retain_graph=True` keeps it). And numpy has no diary, so say `detach()` first.
#
# A step of gradient descent is no part of how the loss was computed, so it must not be written down.
# `with torch.no_grad():` closes the diary for all lines inside; `y = x.detach()` is for one tensor: the same numbers in
# the same memory, with no past. (`x.clone()`: new memory, the past goes on. `x.detach().clone()`: new memory, no past.)
#
# ### Exercise: one fit, two ways
# difficulty 2/5 · 8 minutes · cards: leaf-root, no-grad, detach, cubic-by-hand, cubic-by-autograd
#
# Fit a cubic $c_0 + c_1 x + c_2 x^2 + c_3 x^3$ to points by gradient descent on the sum of the squared errors. Once
# with the gradient from paper, in numpy; once with autograd. The start `c` must not be changed, and what comes back is
# plain numbers, without a diary.
#
# hint: The error of point $i$ is $\sum_k c_k x_i^k - y_i$. What is the slope of its square with respect to $c_k$?


# %% solution="cubic" promises="leaves-inputs, tensor(cubic_by_autograd)"
def cubic_by_hand(x: np.ndarray, y: np.ndarray, c: np.ndarray, lr: float, steps: int) -> np.ndarray:
    """The coefficients (4,) after so many steps from c, for points x and y (n,)."""
    powers = np.stack([x**k for k in range(4)])  # (4, n)
    for _ in range(steps):
        error = c @ powers - y  # ? c @ powers - y
        slope = 2 * powers @ error  # ? 2 * powers @ error
        c = c - lr * slope
    return c


def cubic_by_autograd(x: torch.Tensor, y: torch.Tensor, c: torch.Tensor, lr: float, steps: int) -> torch.Tensor:
    """The same, with slopes from autograd."""
    powers = torch.stack([x**k for k in range(4)])
    c = c.clone().requires_grad_()  # ? clone() | requires_grad_()
    for _ in range(steps):
        loss = ((c @ powers - y) ** 2).sum()
        loss.backward()  # ? backward()
        with torch.no_grad():  # ? no_grad()
            c -= lr * c.grad
        c.grad = None  # ? None
    return c.detach()  # ? detach()


# %% tests="cubic" points=4
def examples(rng):
    given = {name: rng.tensor(n, dtype=torch.float64) for name, n in (("x", 6), ("y", 6), ("c", 4))}
    yield checks.example(cubic_by_autograd, given | {"lr": 0.01, "steps": 3}, of="cubic_by_autograd")
    arrays = {name: one.numpy() for name, one in given.items()}
    yield checks.example(cubic_by_hand, arrays | {"lr": 0.01, "steps": 2})


with checks.check("one step to the point (1, 1)", hint="the error is −1, all four powers are 1", points=0.5):
    got = cubic_by_hand(np.ones(1), np.ones(1), np.zeros(4), 0.1, 1)
    checks.close(got, [0.2, 0.2, 0.2, 0.2], rtol=1e-6)
with checks.check("the same by autograd", hint="record, walk back, step without recording, clear", points=0.5):
    got = cubic_by_autograd(torch.ones(1), torch.ones(1), torch.zeros(4), 0.1, 1)
    checks.close(got, [0.2, 0.2, 0.2, 0.2], rtol=1e-5)


### BEGIN HIDDEN TESTS
def followed(x, y, c, lr, steps):
    """The same walk, coefficient by coefficient, in plain Python."""
    c, points = c.tolist(), list(zip(x.tolist(), y.tolist(), strict=True))
    for _ in range(steps):
        errors = [sum(c[k] * one**k for k in range(4)) - other for one, other in points]
        slopes = [sum(2 * e * one**k for e, (one, _) in zip(errors, points, strict=True)) for k in range(4)]
        c = [value - lr * slope for value, slope in zip(c, slopes, strict=True)]
    return c


rng = checks.rng()
cases = []
for n, lr, steps in ((7, 0.01, 5), (1, 0.1, 3), (30, 0.004, 40), (5, 0.02, 0), (4, 0.2, 2)):
    points = [rng.tensor(n, low=-1, high=1, dtype=torch.float64), rng.tensor(n, dtype=torch.float64)]
    cases.append((*points, rng.tensor(4, dtype=torch.float64), lr, steps))
with checks.check("walks of any length, by hand", points=1.5, hint="2 · error · power, added up over all points"):
    for x, y, c, lr, steps in cases:
        got = cubic_by_hand(x.numpy(), y.numpy(), c.numpy(), lr, steps)
        checks.close(got, followed(x, y, c, lr, steps), rtol=1e-6, atol=1e-8, what=f"{steps} steps")
with checks.check("walks of any length, by autograd", points=1.5, hint="is an old slope left when a new one comes?"):
    for x, y, c, lr, steps in cases:
        got = cubic_by_autograd(x, y, c, lr, steps)
        checks.true(not got.requires_grad, "what comes back still requires a gradient")
        checks.close(got, followed(x, y, c, lr, steps), rtol=1e-6, atol=1e-8, what=f"{steps} steps")
### END HIDDEN TESTS

# %% [markdown]
# Both on the same points. **Predict** how far apart the two results will be after 3,000 steps.

# %%
x = np.linspace(-1, 1, 60)
y = np.sin(3 * x) + 0.1 * np.random.default_rng(0).normal(size=60)
by_hand = cubic_by_hand(x, y, np.zeros(4), 0.005, 3000)
by_torch = cubic_by_autograd(torch.tensor(x), torch.tensor(y), torch.zeros(4, dtype=torch.float64), 0.005, 3000)
plt.figure(figsize=(5, 2.8))
plt.plot(x, y, ".", x, sum(by_hand[k] * x**k for k in range(4)))
plt.title(f"coefficients differ by at most {abs(by_hand - by_torch.numpy()).max():.0e}")
plt.tight_layout()

# %% [markdown]
# ## 5 · A vector for backward
#
# `backward()` alone works for a single number. For several, choose weights $v$, one for each output: `y.backward(v)`
# gives the gradient of the weighted sum $v \cdot y$, which is $v^\top J$, a **vector–Jacobian product**. One walk back
# costs a small multiple of the way there, for any number of inputs, and torch never writes $J$ down.

# %%
x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
try:
    (x**2).backward()
except RuntimeError as error:
    print(error)
(x**2).backward(torch.tensor([1.0, 10.0, 0.0]))
print(x.grad)

# %% [markdown]
# Slopes 2, 4 and 6, weighted by 1, 10 and 0. **Predict** what `x.grad` will be if you run the last two lines again.
# (Run them: it has doubled. `backward` *adds* to `.grad`. Keep that in mind for the exercise.)
#
# ### Exercise: a Jacobian, row by row
# difficulty 3/5 · 10 minutes · cards: backward-vector, jacobian, forward-reverse
#
# `weighted` is the gradient of $v \cdot f(x)$. `rows` is the whole Jacobian (m, n). `f` takes a tensor (n,) to a tensor
# (m,); you may call it as often as you like. The `x` that you are given has no gradient and wants none: afterwards it
# must be as it was, without one.
#
# hint: Which $v$ picks out one row of $J$?


# %% solution="jacobian_rows" promises="leaves-inputs, tensor, no-graph, any-float, any-size(one output, one input)"
def weighted(f, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """The gradient (n,) of v · f(x) at x (n,), for weights v (m,)."""
    ### BEGIN SOLUTION
    leaf = x.detach().clone().requires_grad_()
    f(leaf).backward(v)
    return leaf.grad
    ### END SOLUTION


def rows(f, x: torch.Tensor) -> torch.Tensor:
    """The Jacobian (m, n) of f at x (n,)."""
    ### BEGIN SOLUTION
    leaf = x.detach().clone().requires_grad_()
    y = f(leaf)
    table = []
    for pick in torch.eye(len(y), dtype=y.dtype):
        leaf.grad = None
        y.backward(pick, retain_graph=True)
        table.append(leaf.grad)
    return torch.stack(table)
    ### END SOLUTION


# %% tests="jacobian_rows" points=6
def of_map(found, x, a, b, *more):
    """What the student's function finds for a x² + sin(b x)."""
    import torch

    x, given = x.detach().clone(), x.detach()
    got = found(lambda v: a @ v**2 + torch.sin(b @ v), x, *more)
    if x.requires_grad or x.grad is not None or not torch.equal(x, given):
        raise ValueError("afterwards x has other numbers, requires a gradient, or has one")
    return got


def right_rows(x, a, b):
    return 2 * a * x + torch.cos(b @ x)[:, None] * b


def examples(rng):
    table = lambda x, a, b: checks.on_student_side(of_map, rows, x, a, b)
    product = lambda x, a, b, v: checks.on_student_side(of_map, weighted, x, a, b, v)
    yield checks.example(table, {"x": rng.tensor(3), "a": rng.tensor(2, 3), "b": rng.tensor(2, 3)})
    sizes = {"x": rng.tensor(3), "a": rng.tensor(2, 3), "b": rng.tensor(2, 3), "v": rng.tensor(2)}
    yield checks.example(product, sizes)
    wide = {"x": rng.tensor(3), "a": rng.tensor(1, 3), "b": torch.zeros(1, 3)}
    tall = {"x": rng.tensor(1), "a": rng.tensor(3, 1), "b": torch.zeros(3, 1)}
    yield checks.example(table, wide, size="one output", right=right_rows)
    yield checks.example(table, tall, size="one input", right=right_rows)


a, zeros = torch.tensor([[1.0, 0.0], [1.0, 1.0]]), torch.zeros(2, 2)
with checks.check("two squares, weighted", hint="the gradient of 10 x² + 1 (x² + y²)"):
    got = checks.on_student_side(of_map, weighted, torch.tensor([1.0, 2.0]), a, zeros, torch.tensor([10.0, 1.0]))
    checks.close(got, [22.0, 4.0])
with checks.check("two squares, row by row", hint="does the second row still hold the first?"):
    checks.close(checks.on_student_side(of_map, rows, torch.tensor([1.0, 2.0]), a, zeros), [[2.0, 0.0], [2.0, 4.0]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
cases = [(rng.tensor(n), rng.tensor(m, n), rng.tensor(m, n)) for m, n in ((3, 3), (2, 5), (6, 2), (1, 4), (4, 1))]
with checks.check("weighted sums of outputs", points=2, hint="one walk back, that starts with the weights"):
    for x, a, b in cases:
        for v in (rng.tensor(len(a)), torch.zeros(len(a)), 100 * rng.tensor(len(a))):
            got = checks.on_student_side(of_map, weighted, x, a, b, v)
            checks.close(got, v @ right_rows(x, a, b), rtol=1e-4, atol=1e-4, what=f"{len(a)} outputs")
with checks.check("tables of any shape", points=2, hint="a row for each output, from its own walk back"):
    for x, a, b in cases:
        checks.close(checks.on_student_side(of_map, rows, x, a, b), right_rows(x, a, b), rtol=1e-4, atol=1e-4)
### END HIDDEN TESTS

# %% [markdown]
# Section 3 went column by column (move one input, all outputs change), this one row by row. Which is cheaper depends on
# the shape: a loss has *one* output and a hundred thousand inputs, a single row. That is why networks are trained
# backwards. (Forward mode, which carries slopes along, goes column by column: better for many outputs of few inputs.)
#
# Is torch right, though? Algebra can tell. `sympy` computes with symbols: `sympy.symbols("x y")` makes them,
# `expression.subs({x: 1.0})` puts numbers in for them, a `sympy.Matrix` of expressions has a method `jacobian`, and
# `sympy.lambdify(symbols, expressions, modules=[torch])` makes a function of them that computes with tensors.
#
# ### Exercise: ask algebra
# difficulty 2/5 · 6 minutes · cards: sympy-jacobian
#
# Fill the blanks. `torch.autograd.functional.jacobian(f, x)` is torch's ready-made Jacobian.


# %% solution="both_ways" promises="leaves-inputs, tensors, no-graph"
def both_ways(formulas: list[str], names: str, point: list[float]) -> tuple[torch.Tensor, torch.Tensor]:
    """The Jacobian of the formulas at a point, by algebra and by torch, in float64."""
    symbols = sympy.symbols(names, seq=True)  # ? symbols@2
    table = sympy.Matrix([sympy.sympify(formula) for formula in formulas])
    exact = table.jacobian(symbols)  # ? jacobian(symbols)
    there = exact.subs(dict(zip(symbols, point, strict=True)))  # ? subs | symbols, point
    f = sympy.lambdify(symbols, list(table), modules=[torch])
    x = torch.tensor(point, dtype=torch.float64)
    by_torch = torch.autograd.functional.jacobian(lambda v: torch.stack(f(*v)), x)  # ? torch.stack(f(*v)) | x@1
    return torch.tensor(np.array(there.tolist(), dtype=float)), by_torch


# %% tests="both_ways" points=3
def examples(rng):
    yield checks.example(both_ways, {"formulas": ["x*y", "sin(x)"], "names": "x y", "point": [1.0, rng.uniform(1, 2)]})


with checks.check("a product and a square", hint="which letters are the inputs, and where are we?"):
    for got in both_ways(["x*y", "y**2"], "x y", [2.0, 3.0]):
        checks.close(got, [[3.0, 2.0], [0.0, 6.0]], rtol=1e-6)
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("other formulas, other letters", points=2, hint="a row for each formula, a column for each letter"):
    p, q, r = (rng.uniform(0.5, 2) for _ in range(3))
    for formulas, names, point, right in (
        (["exp(a)*b", "b/c"], "a b c", [p, q, r], [[math.exp(p) * q, math.exp(p), 0.0], [0.0, 1 / r, -q / r**2]]),
        (["sin(u*v)"], "u v", [p, q], [[q * math.cos(p * q), p * math.cos(p * q)]]),
        (["t**3", "log(t)", "exp(-t)"], "t", [p], [[3 * p**2], [1 / p], [-math.exp(-p)]]),
        (["x**2*y", "sin(x)"], "y x k", [p, q, r], [[q**2, 2 * p * q, 0.0], [0.0, math.cos(q), 0.0]]),
    ):
        for way, got in zip(("algebra", "torch"), both_ways(formulas, names, point), strict=True):
            checks.close(got, right, rtol=1e-9, atol=1e-9, what=f"{names} by {way}")
### END HIDDEN TESTS

# %%
for place in ([1.0, 2.0], [30.0, 2.0], [800.0, 2.0]):
    exact, by_torch = both_ways(["log(1 + exp(x))*y"], "x y", place)
    print(place, " by algebra:", exact.tolist(), " by torch:", by_torch.tolist())

# %% [markdown]
# Look at the last line. The formula is fine, its derivative is $2 e^{800} / (1 + e^{800})$, nearly 2, and torch says
# `nan`: it follows the *computation*, step by step, and $e^{800}$ is infinite in float64. Autograd differentiates what
# you compute, not what you mean. (`F.softplus` computes the same function in a way that survives.)
#
# ## 6 · Slopes add up
#
# `backward` adds to `.grad` for a good reason: if a number is used in two places, its slope is the *sum* of what comes
# back from both. It is a trap if you forget to clear, and a tool for adding up several losses, or the parts of a batch.
#
# ### Exercise: a batch that does not fit
# difficulty 3/5 · 12 minutes · cards: accumulate, mean-of-pieces
#
# `loss_of(w, xb, yb)` is the *mean* loss of the rows that it is given. Add to `w.grad` the gradient of the mean loss of
# *all* rows, but show `loss_of` no more than `size` rows at once; walk back after each piece, so that only one piece is
# in memory. The number of rows need not be a multiple of `size`. What `w.grad` held before stays in the sum. `w`
# itself does not change. Return the mean loss of all rows as a plain number.
#
# hint: 7 rows in pieces of 3, 3 and 1. How much does the last one count?


# %% solution="in_pieces" promises="leaves-inputs, numbers"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""
    ### BEGIN SOLUTION
    total = 0.0
    for xb, yb in zip(x.split(size), y.split(size), strict=True):
        loss = loss_of(w, xb, yb) * (len(xb) / len(x))
        loss.backward()
        total += loss.item()
    return total
    ### END SOLUTION


# %% tests="in_pieces" points=5
def collected(in_pieces, w, x, y, size, before=None):
    """The loss, mean of (x w − y)⁴, the gradient of w, and for each call its rows and the earlier pieces in memory."""
    import weakref

    leaf, seen, pieces = w.clone().requires_grad_(), [], []
    leaf.grad = None if before is None else before.clone()

    def loss_of(w, xb, yb):
        seen.append((len(xb), sum(piece() is not None for piece in pieces)))
        if w is not leaf:
            raise ValueError("loss_of must be given w itself")
        errors = xb @ w - yb
        pieces.append(weakref.ref(errors))  # the diary keeps them until somebody has walked back
        return (errors**4).mean()

    loss = in_pieces(loss_of, leaf, x, y, size)
    if leaf.shape != w.shape or bool((leaf != w).any()):
        raise ValueError("w is not what it was")
    return loss, leaf.grad, seen


def examples(rng):
    given = {"w": rng.tensor(2), "x": rng.tensor(5, 2), "y": rng.tensor(5)}
    yield checks.example(lambda w, x, y: checks.on_student_side(collected, in_pieces, w, x, y, 2)[0], given)


with checks.check("three rows in pieces of two", hint="the last row is a third of the mean, not a half"):
    loss, grad, _ = checks.on_student_side(
        collected, in_pieces, torch.zeros(1), torch.ones(3, 1), torch.tensor([1.0, 1.0, -2.0]), 2
    )
    checks.close(loss, 6.0, what="loss")
    checks.close(grad, [8.0], what="gradient")
### BEGIN HIDDEN TESTS
rng = checks.rng()
cases = [(n, size) for n, size in ((7, 3), (6, 3), (5, 1), (4, 9), (1, 1), (11, 10))]
with checks.check("any number of rows, any size of piece", points=2, hint="each row counts 1/n"):
    for n, size in cases:
        w, x, y = rng.tensor(3), rng.tensor(n, 3), rng.tensor(n)
        loss, grad, _ = checks.on_student_side(collected, in_pieces, w, x, y, size)
        errors = (x @ w - y).double()
        checks.close(loss, float((errors**4).mean()), rtol=1e-3, atol=1e-5, what=f"loss of {n} rows by {size}")
        right = 4 * errors**3 @ x.double() / n
        checks.close(grad, right, rtol=1e-3, atol=1e-3 * float(right.abs().max()), what=f"{n} rows by {size}")
with checks.check("never more than a piece at once", hint="how many rows does loss_of see? when do you walk back?"):
    for n, size in cases:
        seen = checks.on_student_side(collected, in_pieces, rng.tensor(3), rng.tensor(n, 3), rng.tensor(n), size)[2]
        checks.equal(sum(rows for rows, _ in seen), n, what="rows shown in all")
        most, held = (max(column) for column in zip(*seen, strict=True))
        checks.true(most <= size, f"{n} rows by {size}: loss_of was shown {most} rows at once")
        checks.true(held == 0, f"{n} rows by {size}: at the next piece, {held} before it were still in memory")
with checks.check("what was in w.grad stays in the sum", hint="add to it; do not clear"):
    for n, size in cases:
        w, x, y, before = rng.tensor(3), rng.tensor(n, 3), rng.tensor(n), 5 * rng.tensor(3)
        grad = checks.on_student_side(collected, in_pieces, w, x, y, size, before)[1]
        errors = (x @ w - y).double()
        right = before + 4 * errors**3 @ x.double() / n
        checks.close(grad, right, rtol=1e-3, atol=1e-3 * float(right.abs().max()), what=f"{n} rows by {size}")
### END HIDDEN TESTS

# %% [markdown]
# Another trap: the diary keeps *references*, not copies, of what a walk back needs. **Predict** which one goes wrong.

# %%
for name, operation in (("sin", torch.sin), ("exp", torch.exp)):
    x = torch.tensor([0.0, 1.0], requires_grad=True)
    y = operation(x)
    y += 1  # in place
    try:
        y.sum().backward()
        print(name, x.grad)
    except RuntimeError as error:
        print(name, str(error)[:92], "…")

# %% [markdown]
# `sin` needs its input for the walk back, `exp` its result, which is gone. Torch counts the versions of each tensor, so
# you get an error rather than a wrong slope. A leaf that requires a gradient may not be changed in place at all, outside
# of `no_grad`: its old value is what the slope would belong to.
#
# ## 7 · What a gradient gives away
#
# Several hospitals want to train a network together without showing anybody their pictures. Each sends only its
# *gradients*. Is that private? The last layer of a network that says yes or no gives a number $z$ for each row, its
# **logit**; the sigmoid makes a chance of yes of it, $\sigma(z) = 1/(1 + e^{-z})$. With $y = 1$ for yes, the loss is the
# mean of $-y \log \sigma(z) - (1 - y) \log(1 - \sigma(z))$, the **binary cross-entropy**, and its slopes are simple:
#
# $$\frac{\partial L}{\partial z_i} = \frac{\sigma(z_i) - y_i}{n}$$
#
# And a layer $z = Wx + b$ that saw *one* row $x$ has the slopes $\partial L / \partial W = \delta x^\top$ and
# $\partial L / \partial b = \delta$, where $\delta_i$ is the slope of $z_i$.
#
# ### Exercise: read it off
# difficulty 3/5 · 10 minutes · cards: bce-gradient, gradient-leak
#
# From nothing but gradients, find the labels, and find the row itself. Some entries of `grad_b` may be zero or tiny,
# never all of them; they have any sign, and may add up to nothing.
#
# hint: Row $i$ of `grad_w` is $\delta_i$ times $x$. Which rows would you rather not divide?


# %% solution="read_off" promises="leaves-inputs, tensor, any-float, any-layout, no-trace, any-size(one row)"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    ### BEGIN SOLUTION
    return torch.sigmoid(logits) - len(logits) * grad
    ### END SOLUTION


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    ### BEGIN SOLUTION
    most = grad_b.abs().argmax()
    return grad_w[most] / grad_b[most]
    ### END SOLUTION


# %% tests="read_off" points=4
def examples(rng):
    yield checks.example(labels_behind, {"logits": rng.tensor(4), "grad": rng.tensor(4)})
    yield checks.example(row_behind, {"grad_w": rng.tensor(2, 1) * rng.tensor(3), "grad_b": rng.tensor(2) + 3})
    one = {"logits": torch.zeros(1), "grad": torch.tensor([-0.5])}
    yield checks.example(labels_behind, one, size="one row", right=[1.0])


with checks.check("two rows without any idea", hint="σ(0) is one half, and the mean is over two rows"):
    checks.close(labels_behind(torch.zeros(2), torch.tensor([0.25, -0.25])), [0.0, 1.0])
with checks.check("one output", hint="what is delta here?"):
    checks.close(row_behind(torch.tensor([[2.0, -4.0]]), torch.tensor([-2.0])), [-1.0, 2.0])
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("labels of any number of rows, soft ones too", hint="turn the formula round: n times the slope"):
    for n in (1, 3, 8, 50):
        for labels in (rng.integers(n, low=0, high=1).float(), rng.tensor(n, low=0, high=1)):
            logits = (3 * rng.tensor(n)).requires_grad_()
            (grad,) = torch.autograd.grad(F.binary_cross_entropy_with_logits(logits, labels), logits)
            checks.close(labels_behind(logits.detach(), grad), labels, rtol=1e-3, atol=1e-4, what=f"{n} rows")
with checks.check("a row behind several outputs, some of them silent", hint="which delta is safe to divide by?"):
    for silent in ([], [0], [2], [0, 1, 3]):
        x, delta = rng.tensor(6), rng.tensor(4, low=0.5, high=2) * (2 * rng.integers(4, low=0, high=1) - 1)
        delta = delta * torch.tensor([0.0 if place in silent else 1.0 for place in range(4)])
        checks.close(row_behind(torch.outer(delta, x), delta), x, rtol=1e-3, atol=1e-5, what=f"silent: {silent}")
    x, away = rng.tensor(5), torch.tensor([1.0, -2.0, 1.0])  # the deltas of a softmax always add up to zero
    checks.close(row_behind(torch.outer(away, x), away), x, rtol=1e-3, atol=1e-5, what="deltas that add up to zero")
    tiny = torch.tensor([1e-30, -1.0])
    noise = torch.tensor([[1e-8, -1e-8], [0.0, 0.0]])  # what rounding leaves in the row of a tiny slope
    checks.close(row_behind(torch.outer(tiny, torch.tensor([0.5, 3.0])) + noise, tiny), [0.5, 3.0], rtol=1e-3)
### END HIDDEN TESTS

# %% [markdown]
# Try it on the *first* layer of a network of two, with batches of 1, 2 and 8 pictures. **Predict** what you will see.

# %%
torch.manual_seed(1)
net = torch.nn.Sequential(torch.nn.Linear(784, 100), torch.nn.Sigmoid(), torch.nn.Linear(100, 10))
stolen = []
for size in (1, 2, 8):
    net.zero_grad()
    F.cross_entropy(net(digits.train_x[40 : 40 + size].flatten(1)), digits.train_y[40 : 40 + size]).backward()
    stolen.append(row_behind(net[0].weight.grad, net[0].bias.grad))
show([digits.train_x[40], *stolen], ["what was hidden", "read off, batch of 1", "batch of 2", "batch of 8"])

# %% [markdown]
# A batch of one is an open book, through any layers above. In a batch the rows are mixed, and more than a division is
# needed. It has been done all the same: people *search* for a batch whose gradient is the one that was sent.
#
# **Now you can** read torch's diary and close it, collect slopes on purpose instead of by accident, get rows of a
# Jacobian with one walk each, and say why a gradient is not a secret.
#
# *Further reading:* PyTorch's notes *Autograd mechanics* (the graph, in-place operations); Zhu, Liu, Han, "Deep Leakage
# from Gradients" (2019), arXiv 1906.08935; Geiping et al., "Inverting Gradients" (2020), arXiv 2003.14053.
