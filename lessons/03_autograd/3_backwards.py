# %% [markdown]
# ## 8 · Back through a chain
#
# **In this part you will** write the backward functions that an engine is made of (products, logarithms, maxima, sums,
# matrix products, picks, and the quiet copies of broadcasting), and see where gradients vanish and where they explode.
#
# A computation is a chain of small steps. The **chain rule** says that slopes of steps in a row multiply. If
# $y = f(g(x))$, then $\frac{dy}{dx} = f'(g(x)) \cdot g'(x)$: you need the slope of each step *at the value that arrived
# there*. So every backward pass has two halves. On the way there, remember the values. On the way back, begin with 1 (the
# slope of the result by itself), and multiply by one local slope after the other, last step first.
#
# Take the simplest chain: square a number, square the result, and so on.
#
# ### Exercise: squares of squares
# difficulty 1/5 · 5 minutes · cards: chain-rule, backprop-squares
#
# Fill the blanks. (With `times` 0, the result is `x` itself, and its slope 1.)


# %% solution="squares" promises="numbers, any-size(no squaring)"
def squares(x: float, times: int) -> tuple[float, float]:
    """What x becomes when it is squared so many times in a row, and the slope of that with respect to x."""
    values = [x]
    for _ in range(times):
        values.append(values[-1] ** 2)  # ? values[-1] ** 2
    slope = 1.0  # ? 1.0
    for value in reversed(values[:-1]):  # ? reversed | [:-1]
        slope = slope * 2 * value  # ? 2 * value
    return values[-1], slope


# %% [markdown] explains="squares"
# On the way there keep every value, since each local slope belongs to the value that went *in*: squaring has the slope
# $2v$. The last value went into nothing, so it is left out, `[:-1]`. Begin with 1, the slope of the result by itself,
# and multiply on the way back.
#
# By hand: 3, 9, 81. Back: $1 \cdot 2 \cdot 9 = 18$, then $18 \cdot 2 \cdot 3 = 108$, which is $4 \cdot 3^3$, as $x^4$
# says. With what came *out* of each step you would get $2 \cdot 81 \cdot 2 \cdot 9$, and with $2x$ every time 36.
# Slopes of steps in a row are multiplied and not added. This loop is backpropagation already: a list of kept values,
# and a walk through it from its end.


# %% tests="squares" points=3
def examples(rng):
    yield checks.example(squares, {"x": rng.uniform(0.5, 1), "times": 3})
    yield checks.example(squares, {"x": 0.3, "times": 0}, size="no squaring", right=(0.3, 1.0))


with checks.check("3 squared twice", hint="81, and 4 · 3³", points=1):
    value, slope = squares(3.0, 2)
    checks.close(value, 81.0)
    checks.close(slope, 108.0)
### BEGIN HIDDEN TESTS
rng = checks.rng()
cases = [(rng.uniform(-1.3, -0.5), 1), (rng.uniform(0.5, 1.3), 4), (1.01, 7), (0.0, 2), (-1.0, 3), (0.9, 12)]
with checks.check("the values", hint="square what came last"):
    for x, times in cases:
        checks.close(squares(x, times)[0], x ** (2**times), rtol=1e-6, atol=0, what=f"{times} times")
with checks.check("the slopes", hint="a factor for each squaring: twice what went *into* it"):
    for x, times in cases:
        checks.close(squares(x, times)[1], 2**times * x ** (2**times - 1), rtol=1e-6, atol=0, what=f"{times} times")
### END HIDDEN TESTS

# %% [markdown]
# Ten squarings in a row. **Predict** the slopes for a start of 0.9, 0.99, 1, 1.01 and 1.1.

# %%
for x in (0.9, 0.99, 1.0, 1.01, 1.1):
    value, slope = squares(x, 10)
    print(f"start {x}: value {value:9.2e}, slope {slope:9.2e}")

# %% [markdown]
# A product of many factors has no middle: below 1 it **vanishes**, above 1 it **explodes**. The same happens in deep
# networks, where each layer is a matrix and a bend, the **activation function**: the sigmoid, tanh, or ReLU,
# $\max(x, 0)$. On the way back each layer multiplies what comes by its matrix and by the slope of its bend. The slope
# of the sigmoid is at most 1/4. Thirty layers: $4^{-30} \approx 10^{-18}$, if the matrices do not make up for it.
#
# Below, a signal goes through thirty layers of a hundred units each, and a gradient comes back. The weights are normal,
# with a standard deviation of $g / \sqrt{100}$. **Predict** for which `g` the gradient arrives at the first layer in
# one piece.


# %%
def norms_on_the_way_back(bend, gain, depth=30, width=100):
    generator = torch.Generator().manual_seed(0)
    h = torch.randn(64, width, generator=generator, dtype=torch.float64).requires_grad_()
    places = [h]
    for _ in range(depth):
        matrix = gain / width**0.5 * torch.randn(width, width, generator=generator, dtype=torch.float64)
        places.append(bend(places[-1] @ matrix))
    probe = torch.randn(64, width, generator=generator, dtype=torch.float64)
    return [slope.norm().item() for slope in torch.autograd.grad((places[-1] * probe).sum(), places)]


plt.figure(figsize=(6, 3.2))
for name, bend, gain in (
    *[(f"tanh, g = {gain}", torch.tanh, gain) for gain in (0.5, 1.0, 1.5, 3.0)],
    *[(f"ReLU, g = {gain:.2f}", torch.relu, gain) for gain in (1.0, 2**0.5, 2.0)],
    ("sigmoid, g = 1", torch.sigmoid, 1.0),
):
    norms = norms_on_the_way_back(bend, gain)
    plt.semilogy(norms, label=f"{name}: first / last = {norms[0] / norms[-1]:.0e}")
plt.gca().set(xlabel="layer", ylabel="norm of the gradient", ylim=(1e-19, 1e9))
plt.legend(fontsize=7)
plt.tight_layout()

# %% [markdown]
# Read it from right to left, as the gradient travels. On this scale a straight line is a constant factor for each layer.
# ReLU lets about half of the units through, which halves the *square* of the norm, and $g = \sqrt 2$ makes up for
# exactly that: a famous choice of initial weights. For tanh it lies between 1 and 1.5. What arrives at the first layers of the
# sigmoid network would not change a single digit of a float32 weight.
#
# *Further reading:* Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks"
# (2010); He et al., "Delving Deep into Rectifiers" (2015), arXiv 1502.01852, section 2.2, for the root of two.
#
# ## 9 · One step, backwards
#
# Now arrays instead of numbers. Let $L$ be the loss, far down the road. A step computes `out` from `x`. Its **backward
# function** gets `grad`, the slopes of $L$ with respect to `out` (in the shape of `out`), and returns the slopes with
# respect to `x` (in the shape of `x`). It never has to know what $L$ is. In the words of the last part: it is a
# vector–Jacobian product, and nobody writes the Jacobian down.
#
# All backward functions of this lesson look alike: `grad`, then `out`, then the inputs; and they return a **tuple** with
# one array for each input. Why is `out` handed over too? Because some slopes are cheapest from the result: that of $e^x$
# *is* the result. (So is that of the sigmoid, nearly: $\sigma' = \sigma(1-\sigma)$.)
#
# `maximum` sends the whole slope to whoever was larger. **Predict** what torch does on a tie.

# %%
left = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
right = torch.tensor([2.0, 2.0, 2.0], requires_grad=True)
torch.maximum(left, right).sum().backward()
print("left:", left.grad.tolist(), " right:", right.grad.tolist())

# %% [markdown]
# Half each. Any split from 0 to 1 would be a slope of *some* line through the kink that stays below the graph (a
# **subgradient**); the half treats both alike.
#
# ### Exercise: entry by entry
# difficulty 2/5 · 8 minutes · cards: backward-function, log-back, multiply-back, maximum-back
#
# Fill the blanks. All arrays of a call have the same shape here.


# %% solution="elementwise" promises="leaves-inputs"
def log_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = np.log(x)."""
    return (grad / x,)  # ? grad / x


def sigmoid_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = 1 / (1 + np.exp(-x))."""
    return (grad * out * (1 - out),)  # ? out * (1 - out)


def multiply_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x * y."""
    return grad * y, grad * x  # ? grad * y | grad * x


def maximum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = np.maximum(x, y), with ties halved."""
    share = np.where(x == y, 0.5, x > y)  # ? x == y, 0.5, x > y
    return share * grad, (1 - share) * grad  # ? 1 - share


# %% [markdown] explains="elementwise"
# Every function is "what comes back, times the local slope". The slope of the logarithm is $1/x$; that of a product
# with respect to one factor is the *other* factor, so the two change places. The sigmoid's is $\sigma(1 - \sigma)$, and
# $\sigma$ is `out`: no exponential has to be computed again. `sigmoid_back` does not even look at `x`, and an engine
# may then throw `x` away.
#
# `maximum` passes the whole slope to the larger one, because moving the smaller one a little changes nothing. The
# shares of the two are `share` and `1 - share`, so they add up to 1 everywhere, on ties too. With `x >= y` and `y >= x`
# both would get everything on a tie, and with `>` in both nobody would.


# %% tests="elementwise" points=4
def array(rng, *shape, low=-2.0, high=2.0):
    return rng.tensor(*shape, low=low, high=high, dtype=torch.float64).numpy()


def examples(rng):
    x, y, grad = array(rng, 3, low=0.5), array(rng, 3), array(rng, 3)
    yield checks.example(log_back, {"grad": grad, "out": np.log(x), "x": x})
    yield checks.example(sigmoid_back, {"grad": grad, "out": 1 / (1 + np.exp(-y)), "x": y})
    yield checks.example(multiply_back, {"grad": grad, "out": x * y, "x": x, "y": y})
    yield checks.example(maximum_back, {"grad": grad, "out": np.maximum(x, y), "x": x, "y": y})


with checks.check("a maximum with a tie", hint="all of it to the larger one; on a tie half to each", points=1):
    x, y = np.array([1.0, 2.0, 3.0]), np.array([2.0, 2.0, 2.0])
    to_x, to_y = maximum_back(np.array([10.0, 10.0, 10.0]), np.maximum(x, y), x, y)
    checks.close(to_x, [0.0, 5.0, 10.0], what="to x")
    checks.close(to_y, [10.0, 5.0, 0.0], what="to y")


### BEGIN HIDDEN TESTS
def by_torch(operation, grad, *arrays):
    """What torch's own diary says of the same step."""
    leaves = [torch.tensor(one, requires_grad=True) for one in arrays]
    return torch.autograd.grad(operation(*leaves), leaves, torch.tensor(grad))


rng = checks.rng()
shapes = ((5,), (2, 3), (2, 1, 4), (60,))
with checks.check("logarithms and sigmoids of any arrays", hint="1/x, and from the result: s(1 − s)"):
    for shape in shapes:
        grad, x = array(rng, *shape), array(rng, *shape, low=0.01, high=5.0)
        (got,) = log_back(grad, np.log(x), x)
        checks.close(got, by_torch(torch.log, grad, x)[0], rtol=1e-6, what="log")
        x = array(rng, *shape, low=-6.0, high=6.0)
        (got,) = sigmoid_back(grad, 1 / (1 + np.exp(-x)), x)
        checks.close(got, by_torch(torch.sigmoid, grad, x)[0], rtol=1e-6, what="sigmoid")
with checks.check("products of any arrays, zeros too", hint="the slope of one factor is the other one"):
    for shape in shapes:
        grad, x, y = (array(rng, *shape) * (array(rng, *shape) > -1) for _ in range(3))
        for got, right in zip(multiply_back(grad, x * y, x, y), by_torch(torch.mul, grad, x, y), strict=True):
            checks.close(got, right, rtol=1e-6, atol=1e-9)
with checks.check("maxima of any arrays", hint="what one gets and what the other gets add up to grad"):
    near = (array(rng, 2) + 3, np.array([1.0, 1 + 1e-9]), np.array([1 + 1e-9, 1.0]))  # hardly larger is larger
    drawn = [(array(rng, *shape), array(rng, *shape).round(), array(rng, *shape).round()) for shape in shapes]
    for grad, x, y in (near, *drawn):
        for got, right in zip(
            maximum_back(grad, np.maximum(x, y), x, y), by_torch(torch.maximum, grad, x, y), strict=True
        ):
            checks.close(got, right, rtol=1e-6, atol=1e-9)
### END HIDDEN TESTS

# %% [markdown]
# *Further reading:* PyTorch's tutorial *Defining new autograd functions*, where the same pairs are called `forward` and
# `backward`.
#
# ## 10 · What broadcasting did in secret
#
# A row of biases (3,) is added to a table (2, 3). Numpy copies the row down, without telling anybody, and adds. So each
# bias was used twice, and its slope is the sum of two. **Whatever is copied on the way there is added up on the way
# back.** The backward functions above return slopes in the shape of the *result*; somebody has to bring them back to the
# shape of the input.

# %%
bias = torch.tensor([10.0, 20.0, 30.0], requires_grad=True)
column = torch.tensor([[1.0], [2.0]], requires_grad=True)
(bias + column).backward(torch.tensor([[1.0, 2.0, 3.0], [100.0, 200.0, 300.0]]))
print("bias:", bias.grad.tolist(), " column:", column.grad.tolist())

# %% [markdown]
# The rule of broadcasting: shapes are lined up at their *right* ends; missing axes on the left are put in, with size 1;
# axes of size 1 are stretched to the size of the other.
#
# ### Exercise: undo it
# difficulty 3/5 · 10 minutes · cards: unbroadcast
#
# `grad` has the shape of the result, `shape` is that of the input, which can be broadcast to the shape of `grad`. Return
# the slopes of the input, in its own shape.
#
# hint: What do you sum over first: the axes that were put in, or those that were stretched? How do you tell them apart?


# %% solution="unbroadcast" promises="leaves-inputs, no-trace, any-size(one number, already right)"
def unbroadcast(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The slopes of an input of this shape, whose copies have the slopes grad."""
    ### BEGIN SOLUTION
    put_in = grad.ndim - len(shape)
    grad = grad.sum(axis=tuple(range(put_in)))
    stretched = tuple(axis for axis, size in enumerate(shape) if size == 1)
    return grad.sum(axis=stretched, keepdims=True)
    ### END SOLUTION


# %% [markdown] explains="unbroadcast"
# Copies add up. There are two kinds. Axes that were *put in* stand on the left, and there are as many as `grad` has
# more axes than `shape`: sum over them, and they are gone. Axes that were *stretched* have size 1 in `shape`: sum over
# them and keep them, `keepdims=True`. After the first sum both shapes have the same number of axes, which is what makes
# the second question easy.
#
# Comparing sizes from the left goes wrong at once: `(3,)` in `(3, 3)` looks as if axis 0 matched. An axis with size 1
# in both is summed over a single entry, which changes nothing, so it needs no exception. And it is a sum, not a mean: a
# bias that is used in 100 rows moves the loss in 100 places.


# %% tests="unbroadcast" points=5
def array(rng, *shape):
    return rng.tensor(*shape, dtype=torch.float64).numpy()


def examples(rng):
    yield checks.example(unbroadcast, {"grad": array(rng, 2, 3), "shape": (3,)})
    yield checks.example(unbroadcast, {"grad": array(rng, 2, 3), "shape": (2, 1)})
    one, same = {"grad": np.array([1.0, 2.0]), "shape": ()}, {"grad": np.array([1.0, 2.0]), "shape": (2,)}
    yield checks.example(unbroadcast, one, size="one number", right=3.0)
    yield checks.example(unbroadcast, same, size="already right", right=[1.0, 2.0])


with checks.check("a row of biases", hint="each bias was used in both rows", points=1):
    checks.close(unbroadcast(np.array([[1.0, 2.0, 3.0], [100.0, 200.0, 300.0]]), (3,)), [101.0, 202.0, 303.0])
with checks.check("a column", hint="its axis was there, with size 1, and stays", points=1):
    checks.close(unbroadcast(np.array([[1.0, 2.0, 3.0], [100.0, 200.0, 300.0]]), (2, 1)), [[6.0], [600.0]])


### BEGIN HIDDEN TESTS
def by_torch(grad, shape):
    """What torch says of an input that was expanded."""
    leaf = torch.zeros(shape, dtype=torch.float64, requires_grad=True)
    return torch.autograd.grad(leaf.expand(grad.shape), leaf, torch.tensor(grad))[0]


rng = checks.rng()
with checks.check("axes that were put in, one or several", hint="on the left"):
    for big, shape in (((4, 2, 3), (3,)), ((4, 2, 3), (2, 3)), ((3, 3), (3,)), ((2, 3), ()), ((3, 3, 3), (3, 3))):
        grad = array(rng, *big)
        checks.close(unbroadcast(grad, shape), by_torch(grad, shape), rtol=1e-6, atol=1e-9, what=f"{big} to {shape}")
with checks.check("axes that were stretched, in any place", hint="size 1 stays size 1"):
    for big, shape in (
        ((4, 2, 3), (4, 1, 3)),
        ((4, 2, 3), (1, 2, 1)),
        ((3, 3), (3, 1)),
        ((3, 3), (1, 3)),
        ((4, 1), (1, 1)),
    ):
        grad = array(rng, *big)
        checks.close(unbroadcast(grad, shape), by_torch(grad, shape), rtol=1e-6, atol=1e-9, what=f"{big} to {shape}")
with checks.check("both at once, and neither", hint="first bring the number of axes down"):
    for big, shape in (
        ((5, 4, 2, 3), (4, 1, 3)),
        ((2, 3, 4), (1, 1)),
        ((2, 1, 4), (1, 4)),
        ((4, 3), (4, 3)),
        ((), ()),
        ((2, 2), (1,)),
    ):
        grad = array(rng, *big)
        checks.close(unbroadcast(grad, shape), by_torch(grad, shape), rtol=1e-6, atol=1e-9, what=f"{big} to {shape}")
### END HIDDEN TESTS

# %% [markdown]
# The opposite is also true: whatever is *added up* on the way there is copied on the way back. If the loss is a sum, each
# of its terms has slope 1. And a value that was *picked* gets the slope of its copy, while those that nobody picked get
# zero; if one was picked twice, it was copied, and you know what that means.
#
# ### Exercise: sums, picks, matrix products
# difficulty 4/5 · 15 minutes · cards: sum-back, getitem-back, matmul-back
#
# Write the three. `axis` is None (everything is summed) or a number, from the right if negative. `index` is anything
# that numpy allows between brackets: a number, a slice, a mask, a tuple of arrays, with repetitions. Matrices have two
# axes.
#
# hint: For the matrix product write the shapes of `grad`, `x` and `y` side by side. There is only one way to multiply two
# of them so that the shape of the third comes out.
#
# hint: `a[index] += b` adds only once where an index is repeated. `np.add.at(a, index, b)` adds each time.


# %% solution="shape_changers" promises="leaves-inputs, no-trace"
def sum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, axis: int | None, keepdims: bool) -> tuple[np.ndarray]:
    """Back through out = x.sum(axis=axis, keepdims=keepdims)."""
    ### BEGIN SOLUTION
    if axis is not None and not keepdims:
        grad = np.expand_dims(grad, axis)
    return (np.zeros(x.shape) + grad,)
    ### END SOLUTION


def getitem_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, index) -> tuple[np.ndarray]:
    """Back through out = x[index]."""
    ### BEGIN SOLUTION
    slopes = np.zeros(x.shape)
    np.add.at(slopes, index, grad)
    return (slopes,)
    ### END SOLUTION


def matmul_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x @ y, for matrices (n, k) and (k, m)."""
    ### BEGIN SOLUTION
    return grad @ y.T, x.T @ grad
    ### END SOLUTION


# %% [markdown] explains="shape_changers"
# *Sum:* each entry has slope 1, so it gets the slope of the sum that it went into. The summed axis is missing in
# `grad`; put it back where it was, and broadcasting copies along it. If it was kept, it is there already.
#
# *Pick:* start with zeros for those that nobody picked. `slopes[index] += grad` reads, adds and writes once for each
# *place*, so of two picks of the same row one is lost; `np.add.at` adds each time. Embeddings live from this: a word
# that occurs twice in a text gets two shares.
#
# *Product:* the shapes decide. From `grad` (n, m) and `y` (k, m) only `grad @ y.T` has the shape (n, k) of `x`, and
# only `x.T @ grad` has that of `y`. In numbers: $\partial L/\partial x_{ij} = \sum_l \text{grad}_{il}\, y_{jl}$, as
# $x_{ij}$ takes part in all outputs of its row.


# %% tests="shape_changers" points=6
def array(rng, *shape):
    return rng.tensor(*shape, dtype=torch.float64).numpy()


def examples(rng):
    x, y = array(rng, 2, 3), array(rng, 3, 4)
    yield checks.example(matmul_back, {"grad": array(rng, 2, 4), "out": x @ y, "x": x, "y": y})
    yield checks.example(sum_back, {"grad": array(rng, 3), "out": x.sum(0), "x": x, "axis": 0, "keepdims": False})
    yield checks.example(getitem_back, {"grad": array(rng, 3), "out": x[1], "x": x, "index": 1})


table = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
with checks.check("row sums", hint="each entry gets the slope of its row"):
    (got,) = sum_back(np.array([10.0, 20.0]), table.sum(axis=1), table, 1, False)
    checks.close(got, [[10.0, 10.0, 10.0], [20.0, 20.0, 20.0]])
with checks.check("a row that was picked twice", hint="whatever is copied is added up"):
    index = np.array([1, 1])
    (got,) = getitem_back(np.array([[1.0, 1.0, 1.0], [5.0, 6.0, 7.0]]), table[index], table, index)
    checks.close(got, [[0.0, 0.0, 0.0], [6.0, 7.0, 8.0]])


### BEGIN HIDDEN TESTS
def by_torch(operation, grad, *arrays):
    """What torch's own diary says of the same step."""
    leaves = [torch.tensor(one, requires_grad=True) for one in arrays]
    return torch.autograd.grad(operation(*leaves), leaves, torch.tensor(grad))


rng = checks.rng()
with checks.check("sums along any axis, kept or not", hint="where did the axis stand that is gone now?"):
    for shape in ((3, 3), (2, 3, 4), (4,), (3, 1)):
        x = array(rng, *shape)
        for axis in (None, *range(-len(shape), len(shape))):
            for keepdims in (False, True):
                out = x.sum(axis=axis, keepdims=keepdims)
                grad = array(rng, *np.shape(out))
                dims = tuple(range(len(shape))) if axis is None else axis
                (right,) = by_torch(lambda t, d=dims, k=keepdims: t.sum(dim=d, keepdim=k), grad, x)
                (got,) = sum_back(grad, out, x, axis, keepdims)
                checks.close(got, right, rtol=1e-6, atol=1e-9, what=f"shape {shape}, axis {axis}, keepdims {keepdims}")
with checks.check("picks of every kind", hint="zeros for those that nobody picked; repetitions add up"):
    x = array(rng, 4, 3)
    rows, columns = np.array([0, 2, 2, 0, 2]), np.array([1, 0, 0, 2, 0])
    for index in (2, slice(1, 3), (slice(None), 1), rows, (rows, columns), x > 0.1, (slice(None, None, 2), columns)):
        grad = array(rng, *x[index].shape)
        (right,) = by_torch(lambda t, i=index: t[torch.tensor(i) if isinstance(i, np.ndarray) else i], grad, x)
        (got,) = getitem_back(grad, x[index], x, index)
        checks.close(got, right, rtol=1e-6, atol=1e-9, what=f"index {index}".replace("\n", " "))
with checks.check("products of matrices of any shape", points=2, hint="whose columns meet whose rows?"):
    for n, k, m in ((2, 3, 4), (3, 3, 3), (1, 4, 1), (5, 1, 2), (1, 1, 1)):
        x, y, grad = array(rng, n, k), array(rng, k, m), array(rng, n, m)
        for got, right in zip(matmul_back(grad, x @ y, x, y), by_torch(torch.matmul, grad, x, y), strict=True):
            checks.close(got, right, rtol=1e-6, atol=1e-9, what=f"({n}, {k}) @ ({k}, {m})")
### END HIDDEN TESTS

# %% [markdown]
# *Further reading:* Giles, "Collected Matrix Derivative Results for Forward and Reverse Mode Algorithmic
# Differentiation" (2008), for products, inverses and determinants.
#
# **Now you can** send a slope back through a chain and say whether it will survive, and through products, maxima, sums,
# picks, matrix products, and the copies that nobody mentioned.
