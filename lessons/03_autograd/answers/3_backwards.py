# Answers to the exercises of 3_backwards.py, right and wrong: what `course audit` grades. No student sees them.

# %% right="squares: the formula of the chain"
def squares(x, times):
    value, slope = x, 1.0
    for _ in range(times):
        slope *= 2 * value
        value *= value
    return value, slope


# %% right="squares: indices"
def squares(x, times):
    values = [x]
    for k in range(times):
        values += [values[k] * values[k]]
    slope = 1.0
    for k in range(times - 1, -1, -1):
        slope *= 2.0 * values[k]
    return values[times], slope


# %% right="squares: a product of local slopes"
def squares(x, times):
    values = [x]
    for _ in range(times):
        values.append(values[-1] ** 2)
    return values[-1], float(math.prod(2 * value for value in values[:-1]))


# %% wrong="squares: a slope too many"
def squares(x: float, times: int) -> tuple[float, float]:
    """What x becomes when it is squared so many times in a row, and the slope of that with respect to x."""
    values = [x]
    for _ in range(times):
        values.append(values[-1] ** 2)
    slope = 1.0
    for value in reversed(values):
        slope = slope * 2 * value
    return values[-1], slope


# %% wrong="squares: the slope of the last value"
def squares(x: float, times: int) -> tuple[float, float]:
    """What x becomes when it is squared so many times in a row, and the slope of that with respect to x."""
    values = [x]
    for _ in range(times):
        values.append(values[-1] ** 2)
    slope = 1.0
    for value in reversed(values[1:]):
        slope = slope * 2 * value
    return values[-1], slope


# %% wrong="squares: no two"
def squares(x: float, times: int) -> tuple[float, float]:
    """What x becomes when it is squared so many times in a row, and the slope of that with respect to x."""
    values = [x]
    for _ in range(times):
        values.append(values[-1] ** 2)
    slope = 1.0
    for value in reversed(values[:-1]):
        slope = slope * value
    return values[-1], slope


# %% wrong="squares: starts with zero"
def squares(x: float, times: int) -> tuple[float, float]:
    """What x becomes when it is squared so many times in a row, and the slope of that with respect to x."""
    values = [x]
    for _ in range(times):
        values.append(values[-1] ** 2)
    slope = 0.0
    for value in reversed(values[:-1]):
        slope = slope * 2 * value
    return values[-1], slope


# %% wrong="squares: starts with the result"
def squares(x: float, times: int) -> tuple[float, float]:
    """What x becomes when it is squared so many times in a row, and the slope of that with respect to x."""
    values = [x]
    for _ in range(times):
        values.append(values[-1] ** 2)
    slope = values[-1]
    for value in reversed(values[:-1]):
        slope = slope * 2 * value
    return values[-1], slope


# %% wrong="squares: squares the start each time"
def squares(x: float, times: int) -> tuple[float, float]:
    """What x becomes when it is squared so many times in a row, and the slope of that with respect to x."""
    values = [x]
    for _ in range(times):
        values.append(x**2)
    slope = 1.0
    for value in reversed(values[:-1]):
        slope = slope * 2 * value
    return values[-1], slope


# %% wrong="squares: doubles"
def squares(x: float, times: int) -> tuple[float, float]:
    """What x becomes when it is squared so many times in a row, and the slope of that with respect to x."""
    values = [x]
    for _ in range(times):
        values.append(values[-1] * 2)
    slope = 1.0
    for value in reversed(values[:-1]):
        slope = slope * 2 * value
    return values[-1], slope


# %% right="elementwise: other spellings"
def log_back(grad, out, x):
    return (grad * x**-1,)


def sigmoid_back(grad, out, x):
    return (grad * (out - out**2),)


def multiply_back(grad, out, x, y):
    return y * grad, x * grad


def maximum_back(grad, out, x, y):
    to_x = (x > y) + 0.5 * (x == y)
    to_y = (y > x) + 0.5 * (x == y)
    return to_x * grad, to_y * grad


# %% right="elementwise: from the inputs, by masks"
def log_back(grad, out, x):
    return (np.divide(grad, x),)


def sigmoid_back(grad, out, x):
    power = np.exp(-x)
    return (grad * power / (1 + power) ** 2,)


def multiply_back(grad, out, x, y):
    return np.multiply(grad, y), np.multiply(grad, x)


def maximum_back(grad, out, x, y):
    first, second = grad.copy(), grad.copy()
    first[x < y] = 0
    second[x > y] = 0
    first[x == y] /= 2
    second[x == y] /= 2
    return first, second


# %% right="elementwise: the sign of the difference"
def log_back(grad, out, x):
    return (grad / x,)


def sigmoid_back(grad, out, x):
    return (grad * out * (1.0 - out),)


def multiply_back(grad, out, x, y):
    return [grad * y, grad * x]


def maximum_back(grad, out, x, y):
    share = (1 + np.sign(x - y)) / 2
    return grad * share, grad - grad * share


# %% wrong="elementwise: the log divided by its result"
def log_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = np.log(x)."""
    return (grad / out,)


def sigmoid_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = 1 / (1 + np.exp(-x))."""
    return (grad * out * (1 - out),)


def multiply_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x * y."""
    return grad * y, grad * x


def maximum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = np.maximum(x, y), with ties halved."""
    share = np.where(x == y, 0.5, x > y)
    return share * grad, (1 - share) * grad


# %% wrong="elementwise: the sigmoid's slope of the input"
def log_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = np.log(x)."""
    return (grad / x,)


def sigmoid_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = 1 / (1 + np.exp(-x))."""
    return (grad * x * (1 - x),)


def multiply_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x * y."""
    return grad * y, grad * x


def maximum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = np.maximum(x, y), with ties halved."""
    share = np.where(x == y, 0.5, x > y)
    return share * grad, (1 - share) * grad


# %% wrong="elementwise: the factors stay where they are"
def log_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = np.log(x)."""
    return (grad / x,)


def sigmoid_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = 1 / (1 + np.exp(-x))."""
    return (grad * out * (1 - out),)


def multiply_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x * y."""
    return grad * x, grad * y


def maximum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = np.maximum(x, y), with ties halved."""
    share = np.where(x == y, 0.5, x > y)
    return share * grad, (1 - share) * grad


# %% wrong="elementwise: a tie to the first"
def log_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = np.log(x)."""
    return (grad / x,)


def sigmoid_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = 1 / (1 + np.exp(-x))."""
    return (grad * out * (1 - out),)


def multiply_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x * y."""
    return grad * y, grad * x


def maximum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = np.maximum(x, y), with ties halved."""
    share = (x >= y) * 1.0
    return share * grad, (1 - share) * grad


# %% wrong="elementwise: a tie to both"
def log_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = np.log(x)."""
    return (grad / x,)


def sigmoid_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = 1 / (1 + np.exp(-x))."""
    return (grad * out * (1 - out),)


def multiply_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x * y."""
    return grad * y, grad * x


def maximum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = np.maximum(x, y), with ties halved."""
    share = (x >= y) * 1.0
    return share * grad, grad * (y >= x)


# %% wrong="elementwise: a tie to nobody"
def log_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = np.log(x)."""
    return (grad / x,)


def sigmoid_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = 1 / (1 + np.exp(-x))."""
    return (grad * out * (1 - out),)


def multiply_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x * y."""
    return grad * y, grad * x


def maximum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = np.maximum(x, y), with ties halved."""
    share = (x > y) * 1.0
    return share * grad, grad * (y > x)


# %% wrong="elementwise: the smaller one"
def log_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = np.log(x)."""
    return (grad / x,)


def sigmoid_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = 1 / (1 + np.exp(-x))."""
    return (grad * out * (1 - out),)


def multiply_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x * y."""
    return grad * y, grad * x


def maximum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = np.maximum(x, y), with ties halved."""
    share = np.where(x == y, 0.5, x < y)
    return share * grad, (1 - share) * grad


# %% wrong="elementwise: changes grad"
def log_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = np.log(x)."""
    return (grad / x,)


def sigmoid_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = 1 / (1 + np.exp(-x))."""
    return (grad * out * (1 - out),)


def multiply_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x * y."""
    grad *= 1.5
    return grad / 1.5 * y, grad / 1.5 * x


def maximum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = np.maximum(x, y), with ties halved."""
    share = np.where(x == y, 0.5, x > y)
    return share * grad, (1 - share) * grad


# %% wrong="elementwise: forgets grad in the sigmoid"
def log_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = np.log(x)."""
    return (grad / x,)


def sigmoid_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = 1 / (1 + np.exp(-x))."""
    return (out * (1 - out),)


def multiply_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x * y."""
    return grad * y, grad * x


def maximum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = np.maximum(x, y), with ties halved."""
    share = np.where(x == y, 0.5, x > y)
    return share * grad, (1 - share) * grad


# %% right="unbroadcast: axis by axis"
def unbroadcast(grad, shape):
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    for axis in range(len(shape)):
        if shape[axis] == 1 and grad.shape[axis] != 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad


# %% right="unbroadcast: all axes at once, then the shape"
def unbroadcast(grad, shape):
    padded = (1,) * (grad.ndim - len(shape)) + tuple(shape)
    axes = tuple(k for k in range(grad.ndim) if padded[k] == 1)
    return grad.sum(axis=axes, keepdims=True).reshape(shape)


# %% right="unbroadcast: adds up copies by place"
def unbroadcast(grad, shape):
    slopes = np.zeros(shape)
    places = np.broadcast_to(np.arange(slopes.size).reshape(shape), grad.shape)
    np.add.at(slopes.reshape(-1), places.ravel(), grad.ravel())
    return slopes


# %% wrong="unbroadcast: the mean"
def unbroadcast(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The slopes of an input of this shape, whose copies have the slopes grad."""
    put_in = grad.ndim - len(shape)
    grad = grad.sum(axis=tuple(range(put_in)))
    stretched = tuple(axis for axis, size in enumerate(shape) if size == 1)
    return grad.mean(axis=stretched, keepdims=True)


# %% wrong="unbroadcast: drops the stretched axes"
def unbroadcast(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The slopes of an input of this shape, whose copies have the slopes grad."""
    put_in = grad.ndim - len(shape)
    grad = grad.sum(axis=tuple(range(put_in)))
    stretched = tuple(axis for axis, size in enumerate(shape) if size == 1)
    return grad.sum(axis=stretched)


# %% wrong="unbroadcast: only axes that were put in"
def unbroadcast(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The slopes of an input of this shape, whose copies have the slopes grad."""
    put_in = grad.ndim - len(shape)
    grad = grad.sum(axis=tuple(range(put_in)))
    stretched = tuple(axis for axis, size in enumerate(shape) if size == 1)
    return grad


# %% wrong="unbroadcast: only axes that were stretched"
def unbroadcast(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The slopes of an input of this shape, whose copies have the slopes grad."""
    put_in = grad.ndim - len(shape)
    grad = grad[(0,) * put_in] if put_in else grad
    stretched = tuple(axis for axis, size in enumerate(shape) if size == 1)
    return grad.sum(axis=stretched, keepdims=True)


# %% wrong="unbroadcast: the first axis only"
def unbroadcast(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The slopes of an input of this shape, whose copies have the slopes grad."""
    put_in = grad.ndim - len(shape)
    grad = grad.sum(axis=tuple(range(min(put_in, 1))))
    stretched = tuple(axis for axis, size in enumerate(shape) if size == 1)
    return grad.sum(axis=stretched, keepdims=True)


# %% wrong="unbroadcast: axes whose sizes differ, from the left"
def unbroadcast(grad, shape):
    for axis in range(grad.ndim):
        if axis >= len(shape) or grad.shape[axis] != shape[axis]:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad.reshape(shape)


# %% wrong="unbroadcast: the first copy"
def unbroadcast(grad, shape):
    index = tuple(0 for _ in range(grad.ndim - len(shape)))
    grad = grad[index]
    for axis, size in enumerate(shape):
        if size == 1:
            grad = grad.take([0], axis=axis)
    return grad


# %% right="shape_changers: broadcast_to and einsum"
def sum_back(grad, out, x, axis, keepdims):
    if axis is None:
        return (np.full(x.shape, np.ravel(grad)[0]),)
    shape = list(x.shape)
    shape[axis] = 1
    return (np.broadcast_to(np.reshape(grad, shape), x.shape),)


def getitem_back(grad, out, x, index):
    places = np.arange(x.size).reshape(x.shape)[index]
    flat = np.bincount(np.ravel(places), weights=np.ravel(grad), minlength=x.size)
    return (flat.reshape(x.shape),)


def matmul_back(grad, out, x, y):
    return np.einsum("nm,km->nk", grad, y), np.einsum("nk,nm->km", x, grad)


# %% right="shape_changers: repeat, and a loop over places"
def sum_back(grad, out, x, axis, keepdims):
    if axis is None:
        return (np.ones_like(x) * grad,)
    if not keepdims:
        grad = np.expand_dims(grad, axis)
    return (np.repeat(grad, x.shape[axis], axis=axis),)


def getitem_back(grad, out, x, index):
    slopes = np.zeros(x.size)
    places = np.arange(x.size).reshape(x.shape)[index]
    for place, slope in zip(np.ravel(places), np.ravel(grad)):
        slopes[place] += slope
    return (slopes.reshape(x.shape),)


def matmul_back(grad, out, x, y):
    return np.matmul(grad, y.transpose()), np.matmul(x.transpose(), grad)


# %% right="shape_changers: lists of one and transposes"
def sum_back(grad, out, x, axis, keepdims):
    kept = x.sum(axis=axis, keepdims=True)
    return [np.reshape(grad, kept.shape) + np.zeros_like(x)]


def getitem_back(grad, out, x, index):
    result = np.zeros_like(x)
    np.add.at(result, index, grad)
    return [result]


def matmul_back(grad, out, x, y):
    return [(y @ grad.T).T, (grad.T @ x).T]


# %% wrong="shape_changers: repetitions count once"
def sum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, axis: int | None, keepdims: bool) -> tuple[np.ndarray]:
    """Back through out = x.sum(axis=axis, keepdims=keepdims)."""
    if axis is not None and not keepdims:
        grad = np.expand_dims(grad, axis)
    return (np.zeros(x.shape) + grad,)


def getitem_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, index) -> tuple[np.ndarray]:
    """Back through out = x[index]."""
    slopes = np.zeros(x.shape)
    slopes[index] = grad
    return (slopes,)


def matmul_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x @ y, for matrices (n, k) and (k, m)."""
    return grad @ y.T, x.T @ grad


# %% wrong="shape_changers: repetitions added once"
def sum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, axis: int | None, keepdims: bool) -> tuple[np.ndarray]:
    """Back through out = x.sum(axis=axis, keepdims=keepdims)."""
    if axis is not None and not keepdims:
        grad = np.expand_dims(grad, axis)
    return (np.zeros(x.shape) + grad,)


def getitem_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, index) -> tuple[np.ndarray]:
    """Back through out = x[index]."""
    slopes = np.zeros(x.shape)
    slopes[index] += grad
    return (slopes,)


def matmul_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x @ y, for matrices (n, k) and (k, m)."""
    return grad @ y.T, x.T @ grad


# %% wrong="shape_changers: never puts the axis back"
def sum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, axis: int | None, keepdims: bool) -> tuple[np.ndarray]:
    """Back through out = x.sum(axis=axis, keepdims=keepdims)."""
    return (np.zeros(x.shape) + grad,)


def getitem_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, index) -> tuple[np.ndarray]:
    """Back through out = x[index]."""
    slopes = np.zeros(x.shape)
    np.add.at(slopes, index, grad)
    return (slopes,)


def matmul_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x @ y, for matrices (n, k) and (k, m)."""
    return grad @ y.T, x.T @ grad


# %% wrong="shape_changers: puts the axis back in front"
def sum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, axis: int | None, keepdims: bool) -> tuple[np.ndarray]:
    """Back through out = x.sum(axis=axis, keepdims=keepdims)."""
    if axis is not None and not keepdims:
        grad = np.expand_dims(grad, 0)
    return (np.zeros(x.shape) + grad,)


def getitem_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, index) -> tuple[np.ndarray]:
    """Back through out = x[index]."""
    slopes = np.zeros(x.shape)
    np.add.at(slopes, index, grad)
    return (slopes,)


def matmul_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x @ y, for matrices (n, k) and (k, m)."""
    return grad @ y.T, x.T @ grad


# %% wrong="shape_changers: shares a sum out"
def sum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, axis: int | None, keepdims: bool) -> tuple[np.ndarray]:
    """Back through out = x.sum(axis=axis, keepdims=keepdims)."""
    if axis is not None and not keepdims:
        grad = np.expand_dims(grad, axis)
    return ((np.zeros(x.shape) + grad) * (grad.size / x.size),)


def getitem_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, index) -> tuple[np.ndarray]:
    """Back through out = x[index]."""
    slopes = np.zeros(x.shape)
    np.add.at(slopes, index, grad)
    return (slopes,)


def matmul_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x @ y, for matrices (n, k) and (k, m)."""
    return grad @ y.T, x.T @ grad


# %% wrong="shape_changers: the product's parts the other way round"
def sum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, axis: int | None, keepdims: bool) -> tuple[np.ndarray]:
    """Back through out = x.sum(axis=axis, keepdims=keepdims)."""
    if axis is not None and not keepdims:
        grad = np.expand_dims(grad, axis)
    return (np.zeros(x.shape) + grad,)


def getitem_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, index) -> tuple[np.ndarray]:
    """Back through out = x[index]."""
    slopes = np.zeros(x.shape)
    np.add.at(slopes, index, grad)
    return (slopes,)


def matmul_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x @ y, for matrices (n, k) and (k, m)."""
    return x.T @ grad, grad @ y.T


# %% wrong="shape_changers: no transposes where it fits"
def sum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, axis: int | None, keepdims: bool) -> tuple[np.ndarray]:
    """Back through out = x.sum(axis=axis, keepdims=keepdims)."""
    if axis is not None and not keepdims:
        grad = np.expand_dims(grad, axis)
    return (np.zeros(x.shape) + grad,)


def getitem_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, index) -> tuple[np.ndarray]:
    """Back through out = x[index]."""
    slopes = np.zeros(x.shape)
    np.add.at(slopes, index, grad)
    return (slopes,)


def matmul_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x @ y, for matrices (n, k) and (k, m)."""
    return (grad @ y if y.shape[0] == y.shape[1] else grad @ y.T), x.T @ grad


# %% wrong="shape_changers: picks grad instead of placing it"
def sum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, axis: int | None, keepdims: bool) -> tuple[np.ndarray]:
    """Back through out = x.sum(axis=axis, keepdims=keepdims)."""
    if axis is not None and not keepdims:
        grad = np.expand_dims(grad, axis)
    return (np.zeros(x.shape) + grad,)


def getitem_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, index) -> tuple[np.ndarray]:
    """Back through out = x[index]."""
    slopes = np.zeros(x.shape)
    np.add.at(slopes, index, grad)
    return (grad,)


def matmul_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x @ y, for matrices (n, k) and (k, m)."""
    return grad @ y.T, x.T @ grad


# %% wrong="shape_changers: always keeps dims"
def sum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, axis: int | None, keepdims: bool) -> tuple[np.ndarray]:
    """Back through out = x.sum(axis=axis, keepdims=keepdims)."""
    if axis is not None and keepdims:
        grad = np.expand_dims(grad, axis)
    return (np.zeros(x.shape) + grad,)


def getitem_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, index) -> tuple[np.ndarray]:
    """Back through out = x[index]."""
    slopes = np.zeros(x.shape)
    np.add.at(slopes, index, grad)
    return (slopes,)


def matmul_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x @ y, for matrices (n, k) and (k, m)."""
    return grad @ y.T, x.T @ grad


# %% equivalent="elementwise: ties are decided before"
# - share = np.where(x == y, 0.5, x > y)
# + share = np.where(x == y, 0.5, x >= y)
