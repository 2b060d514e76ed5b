# Answers to the exercises of 1_slopes.py, right and wrong: what `course audit` grades. No student sees them.

# %% right="differences: values kept in variables"
def differences(f, x, h):
    here, up, down = f(x), f(x + h), f(x - h)
    return (up - here) / h, (up - down) / h / 2, (up + down - 2 * here) / (h * h)


# %% right="differences: differences of differences"
def differences(f, x, h):
    forward = (f(x + h) - f(x)) / h
    backward = (f(x) - f(x - h)) / h
    return forward, (forward + backward) / 2, (forward - backward) / h


# %% right="differences: numpy's numbers, made plain"
def differences(f, x, h):
    down, here, up = np.array([f(x - h), f(x), f(x + h)])
    return float((up - here) / h), float((up - down) / (2 * h)), float((up - 2 * here + down) / h**2)


# %% wrong="differences: a backward difference for the forward one"
def differences(f, x: float, h: float) -> tuple[float, float, float]:
    """The forward difference, the central one, and the second derivative of f at x, with steps of length h."""
    forward = (f(x) - f(x - h)) / h
    central = (f(x + h) - f(x - h)) / (2 * h)
    second = (f(x + h) - 2 * f(x) + f(x - h)) / h**2
    return forward, central, second


# %% wrong="differences: the central one divided by one step"
def differences(f, x: float, h: float) -> tuple[float, float, float]:
    """The forward difference, the central one, and the second derivative of f at x, with steps of length h."""
    forward = (f(x + h) - f(x)) / h
    central = (f(x + h) - f(x - h)) / h
    second = (f(x + h) - 2 * f(x) + f(x - h)) / h**2
    return forward, central, second


# %% wrong="differences: the second derivative divided by h"
def differences(f, x: float, h: float) -> tuple[float, float, float]:
    """The forward difference, the central one, and the second derivative of f at x, with steps of length h."""
    forward = (f(x + h) - f(x)) / h
    central = (f(x + h) - f(x - h)) / (2 * h)
    second = (f(x + h) - 2 * f(x) + f(x - h)) / h
    return forward, central, second


# %% wrong="differences: the middle counted once"
def differences(f, x: float, h: float) -> tuple[float, float, float]:
    """The forward difference, the central one, and the second derivative of f at x, with steps of length h."""
    forward = (f(x + h) - f(x)) / h
    central = (f(x + h) - f(x - h)) / (2 * h)
    second = (f(x + h) - f(x) + f(x - h)) / h**2
    return forward, central, second


# %% wrong="differences: the two sides subtracted"
def differences(f, x: float, h: float) -> tuple[float, float, float]:
    """The forward difference, the central one, and the second derivative of f at x, with steps of length h."""
    forward = (f(x + h) - f(x)) / h
    central = (f(x + h) - f(x - h)) / (2 * h)
    second = (f(x + h) - 2 * f(x) - f(x - h)) / h**2
    return forward, central, second


# %% wrong="differences: the forward difference twice"
def differences(f, x: float, h: float) -> tuple[float, float, float]:
    """The forward difference, the central one, and the second derivative of f at x, with steps of length h."""
    forward = (f(x + h) - f(x)) / h
    central = (f(x + h) - f(x)) / h
    second = (f(x + h) - 2 * f(x) + f(x - h)) / h**2
    return forward, central, second


# %% wrong="differences: steps of a fixed length"
def differences(f, x: float, h: float) -> tuple[float, float, float]:
    """The forward difference, the central one, and the second derivative of f at x, with steps of length h."""
    h = 1e-4
    forward = (f(x + h) - f(x)) / h
    central = (f(x + h) - f(x - h)) / (2 * h)
    second = (f(x + h) - 2 * f(x) + f(x - h)) / h**2
    return forward, central, second


# %% right="numeric_gradient: a flat copy"
def numeric_gradient(f, x, h):
    flat = x.flatten()
    grad = np.empty(flat.size)
    for i in range(flat.size):
        old = flat[i]
        flat[i] = old + h
        up = f(flat.reshape(x.shape).copy())
        flat[i] = old - h
        grad[i] = (up - f(flat.reshape(x.shape).copy())) / (2 * h)
        flat[i] = old
    return grad.reshape(x.shape)


def directional(f, x, direction, h):
    step = h * direction / np.linalg.norm(direction)
    return (f(x + step) - f(x - step)) / (2 * h)


# %% right="numeric_gradient: unit arrays"
def numeric_gradient(f, x, h):
    slopes = []
    for one in np.eye(x.size):
        step = h * one.reshape(x.shape)
        slopes.append((f(x + step) - f(x - step)) / (2 * h))
    return np.array(slopes).reshape(x.shape)


def directional(f, x, direction, h):
    unit = direction / math.sqrt(float((direction * direction).sum()))
    return float(f(x + h * unit) - f(x - h * unit)) / 2 / h


# %% right="numeric_gradient: an iterator, on a copy that is put back"
def numeric_gradient(f, x, h):
    moved, found = x.astype(float), np.zeros_like(x)
    for place, value in np.ndenumerate(x):
        moved[place] = value + h
        above = f(moved)
        moved[place] = value - h
        below = f(moved)
        moved[place] = value
        found[place] = (above - below) / (2 * h)
    return found


def directional(f, x, direction, h):
    length = np.linalg.norm(direction.ravel())
    g = lambda t: f(x + t * direction / length)
    return (g(h) - g(-h)) / (2 * h)


# %% wrong="numeric_gradient: a forward difference"
def numeric_gradient(f, x: np.ndarray, h: float) -> np.ndarray:
    """The gradient of f at x, in the shape of x."""
    slopes = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[place] += h
        down[place] -= h
        slopes[place] = (f(up) - f(x)) / h
    return slopes


def directional(f, x: np.ndarray, direction: np.ndarray, h: float) -> float:
    """How fast f changes at x for each unit of length in this direction."""
    unit = direction / np.sqrt((direction**2).sum())
    return (f(x + h * unit) - f(x - h * unit)) / (2 * h)


# %% wrong="numeric_gradient: the direction with its length"
def numeric_gradient(f, x: np.ndarray, h: float) -> np.ndarray:
    """The gradient of f at x, in the shape of x."""
    slopes = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[place] += h
        down[place] -= h
        slopes[place] = (f(up) - f(down)) / (2 * h)
    return slopes


def directional(f, x: np.ndarray, direction: np.ndarray, h: float) -> float:
    """How fast f changes at x for each unit of length in this direction."""
    unit = direction
    return (f(x + h * unit) - f(x - h * unit)) / (2 * h)


# %% wrong="numeric_gradient: divided by the sum of the direction"
def numeric_gradient(f, x: np.ndarray, h: float) -> np.ndarray:
    """The gradient of f at x, in the shape of x."""
    slopes = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[place] += h
        down[place] -= h
        slopes[place] = (f(up) - f(down)) / (2 * h)
    return slopes


def directional(f, x: np.ndarray, direction: np.ndarray, h: float) -> float:
    """How fast f changes at x for each unit of length in this direction."""
    unit = direction / abs(direction).sum()
    return (f(x + h * unit) - f(x - h * unit)) / (2 * h)


# %% wrong="numeric_gradient: the direction of largest entry one"
def numeric_gradient(f, x: np.ndarray, h: float) -> np.ndarray:
    """The gradient of f at x, in the shape of x."""
    slopes = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[place] += h
        down[place] -= h
        slopes[place] = (f(up) - f(down)) / (2 * h)
    return slopes


def directional(f, x: np.ndarray, direction: np.ndarray, h: float) -> float:
    """How fast f changes at x for each unit of length in this direction."""
    unit = direction / abs(direction).max()
    return (f(x + h * unit) - f(x - h * unit)) / (2 * h)


# %% wrong="numeric_gradient: moves the entries of x and leaves them there"
def numeric_gradient(f, x, h):
    grad = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        x[place] += h
        up = f(x)
        x[place] -= 2 * h
        grad[place] = (up - f(x)) / (2 * h)
    return grad


def directional(f, x, direction, h):
    unit = direction / np.sqrt((direction**2).sum())
    return (f(x + h * unit) - f(x - h * unit)) / (2 * h)


# %% wrong="numeric_gradient: reshape of what may be a copy"
def numeric_gradient(f, x, h):
    x = x.T.copy().T
    flat, grad = x.reshape(-1), np.zeros(x.size)
    for i in range(x.size):
        flat[i] += h
        up = f(x)
        flat[i] -= 2 * h
        grad[i] = (up - f(x)) / (2 * h)
        flat[i] += h
    return grad.reshape(x.shape)


def directional(f, x, direction, h):
    unit = direction / np.sqrt((direction**2).sum())
    return (f(x + h * unit) - f(x - h * unit)) / (2 * h)


# %% wrong="numeric_gradient: a flat gradient"
def numeric_gradient(f, x: np.ndarray, h: float) -> np.ndarray:
    """The gradient of f at x, in the shape of x."""
    slopes = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[place] += h
        down[place] -= h
        slopes[place] = (f(up) - f(down)) / (2 * h)
    return slopes.ravel()


def directional(f, x: np.ndarray, direction: np.ndarray, h: float) -> float:
    """How fast f changes at x for each unit of length in this direction."""
    unit = direction / np.sqrt((direction**2).sum())
    return (f(x + h * unit) - f(x - h * unit)) / (2 * h)


# %% wrong="numeric_gradient: only the first axis"
def numeric_gradient(f, x: np.ndarray, h: float) -> np.ndarray:
    """The gradient of f at x, in the shape of x."""
    slopes = np.zeros(x.shape)
    for place in np.ndindex(x.shape[:1]):
        up, down = x.copy(), x.copy()
        up[place] += h
        down[place] -= h
        slopes[place] = (f(up) - f(down)) / (2 * h)
    return slopes


def directional(f, x: np.ndarray, direction: np.ndarray, h: float) -> float:
    """How fast f changes at x for each unit of length in this direction."""
    unit = direction / np.sqrt((direction**2).sum())
    return (f(x + h * unit) - f(x - h * unit)) / (2 * h)


# %% wrong="numeric_gradient: a direction that points backwards when it is negative"
def numeric_gradient(f, x: np.ndarray, h: float) -> np.ndarray:
    """The gradient of f at x, in the shape of x."""
    slopes = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[place] += h
        down[place] -= h
        slopes[place] = (f(up) - f(down)) / (2 * h)
    return slopes


def directional(f, x: np.ndarray, direction: np.ndarray, h: float) -> float:
    """How fast f changes at x for each unit of length in this direction."""
    unit = abs(direction) / np.sqrt((direction**2).sum())
    return (f(x + h * unit) - f(x - h * unit)) / (2 * h)


# %% right="tables_of_slopes: differences of four values"
def jacobian(f, x):
    h, n = 1e-6, x.size
    table = np.zeros((f(x).size, n))
    for j in range(n):
        step = np.zeros(n)
        step[j] = h
        table[:, j] = (f(x + step) - f(x - step)) / (2 * h)
    return table


def hessian(f, x):
    h, n = 1e-3, x.size
    e = h * np.eye(n)
    table = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            corners = f(x + e[i] + e[j]) - f(x + e[i] - e[j]) - f(x - e[i] + e[j]) + f(x - e[i] - e[j])
            table[i, j] = corners / (4 * h * h)
    return table


# %% right="tables_of_slopes: the Jacobian of the Jacobian"
def jacobian(f, x, h=1e-4):
    return np.array([(f(x + e) - f(x - e)) / (2 * h) for e in h * np.eye(len(x))]).T


def hessian(f, x):
    as_array = lambda v: np.array([f(v)])
    return jacobian(lambda v: jacobian(as_array, v)[0], x)


# %% right="tables_of_slopes: four points a slope"
def jacobian(f, x):
    h = 1e-3
    columns = [(8 * (f(x + e) - f(x - e)) - f(x + 2 * e) + f(x - 2 * e)) / (12 * h) for e in h * np.eye(len(x))]
    return np.column_stack(columns)


def hessian(f, x):
    h = 2e-4
    e, n = h * np.eye(len(x)), len(x)
    pairs = [[f(x + a + b) - f(x + a) - f(x + b) + f(x) for b in e] for a in e]
    other = [[f(x - a - b) - f(x - a) - f(x - b) + f(x) for b in e] for a in e]
    return (np.reshape(pairs, (n, n)) + np.reshape(other, (n, n))) / 2 / h**2


# %% wrong="tables_of_slopes: the transposed Jacobian"
def jacobian(f, x: np.ndarray) -> np.ndarray:
    """The Jacobian (m, n) of f at x (n,)."""
    h, columns = 1e-5, []
    for step in h * np.eye(len(x)):
        columns.append((f(x + step) - f(x - step)) / (2 * h))
    return np.stack(columns)


def hessian(f, x: np.ndarray) -> np.ndarray:
    """The Hessian (n, n) of f at x (n,)."""
    h = 1e-3

    def gradient(place):
        return np.array([(f(place + step) - f(place - step)) / (2 * h) for step in h * np.eye(len(x))])

    return np.stack([(gradient(x + step) - gradient(x - step)) / (2 * h) for step in h * np.eye(len(x))], axis=1)


# %% wrong="tables_of_slopes: a Hessian by steps of 1e-8"
def jacobian(f, x: np.ndarray) -> np.ndarray:
    """The Jacobian (m, n) of f at x (n,)."""
    h, columns = 1e-5, []
    for step in h * np.eye(len(x)):
        columns.append((f(x + step) - f(x - step)) / (2 * h))
    return np.stack(columns, axis=1)


def hessian(f, x: np.ndarray) -> np.ndarray:
    """The Hessian (n, n) of f at x (n,)."""
    h = 1e-8

    def gradient(place):
        return np.array([(f(place + step) - f(place - step)) / (2 * h) for step in h * np.eye(len(x))])

    return np.stack([(gradient(x + step) - gradient(x - step)) / (2 * h) for step in h * np.eye(len(x))], axis=1)


# %% wrong="tables_of_slopes: a Jacobian by steps of 1e-14"
def jacobian(f, x: np.ndarray) -> np.ndarray:
    """The Jacobian (m, n) of f at x (n,)."""
    h, columns = 1e-14, []
    for step in h * np.eye(len(x)):
        columns.append((f(x + step) - f(x - step)) / (2 * h))
    return np.stack(columns, axis=1)


def hessian(f, x: np.ndarray) -> np.ndarray:
    """The Hessian (n, n) of f at x (n,)."""
    h = 1e-3

    def gradient(place):
        return np.array([(f(place + step) - f(place - step)) / (2 * h) for step in h * np.eye(len(x))])

    return np.stack([(gradient(x + step) - gradient(x - step)) / (2 * h) for step in h * np.eye(len(x))], axis=1)


# %% wrong="tables_of_slopes: steps of one half"
def jacobian(f, x: np.ndarray) -> np.ndarray:
    """The Jacobian (m, n) of f at x (n,)."""
    h, columns = 0.5, []
    for step in h * np.eye(len(x)):
        columns.append((f(x + step) - f(x - step)) / (2 * h))
    return np.stack(columns, axis=1)


def hessian(f, x: np.ndarray) -> np.ndarray:
    """The Hessian (n, n) of f at x (n,)."""
    h = 1e-3

    def gradient(place):
        return np.array([(f(place + step) - f(place - step)) / (2 * h) for step in h * np.eye(len(x))])

    return np.stack([(gradient(x + step) - gradient(x - step)) / (2 * h) for step in h * np.eye(len(x))], axis=1)


# %% wrong="tables_of_slopes: only the diagonal of the Hessian"
def jacobian(f, x: np.ndarray) -> np.ndarray:
    """The Jacobian (m, n) of f at x (n,)."""
    h, columns = 1e-5, []
    for step in h * np.eye(len(x)):
        columns.append((f(x + step) - f(x - step)) / (2 * h))
    return np.stack(columns, axis=1)


def hessian(f, x: np.ndarray) -> np.ndarray:
    """The Hessian (n, n) of f at x (n,)."""
    h = 1e-3

    def gradient(place):
        return np.array([(f(place + step) - f(place - step)) / (2 * h) for step in h * np.eye(len(x))])

    return np.stack(
        [(gradient(x + step) - gradient(x - step)) / (2 * h) for step in h * np.eye(len(x))], axis=1
    ) * np.eye(len(x))


# %% wrong="tables_of_slopes: a Jacobian without the 2"
def jacobian(f, x: np.ndarray) -> np.ndarray:
    """The Jacobian (m, n) of f at x (n,)."""
    h, columns = 1e-5, []
    for step in h * np.eye(len(x)):
        columns.append((f(x + step) - f(x - step)) / h)
    return np.stack(columns, axis=1)


def hessian(f, x: np.ndarray) -> np.ndarray:
    """The Hessian (n, n) of f at x (n,)."""
    h = 1e-3

    def gradient(place):
        return np.array([(f(place + step) - f(place - step)) / (2 * h) for step in h * np.eye(len(x))])

    return np.stack([(gradient(x + step) - gradient(x - step)) / (2 * h) for step in h * np.eye(len(x))], axis=1)


# %% wrong="tables_of_slopes: moves x in place"
def jacobian(f, x: np.ndarray) -> np.ndarray:
    """The Jacobian (m, n) of f at x (n,)."""
    h, columns = 1e-5, []
    x += 0.01
    for step in h * np.eye(len(x)):
        columns.append((f(x + step) - f(x - step)) / (2 * h))
    return np.stack(columns, axis=1)


def hessian(f, x: np.ndarray) -> np.ndarray:
    """The Hessian (n, n) of f at x (n,)."""
    h = 1e-3

    def gradient(place):
        return np.array([(f(place + step) - f(place - step)) / (2 * h) for step in h * np.eye(len(x))])

    return np.stack([(gradient(x + step) - gradient(x - step)) / (2 * h) for step in h * np.eye(len(x))], axis=1)


# %% wrong="tables_of_slopes: the Hessian as the gradient times itself"
def jacobian(f, x):
    h = 1e-5
    return np.stack([(f(x + step) - f(x - step)) / (2 * h) for step in h * np.eye(len(x))], axis=1)


def hessian(f, x):
    h = 1e-5
    gradient = np.array([(f(x + step) - f(x - step)) / (2 * h) for step in h * np.eye(len(x))])
    return np.outer(gradient, gradient)


# %% equivalent="numeric_gradient: every place is written to"
# - slopes = np.zeros(x.shape)
# + slopes = np.ones(x.shape)


# %% equivalent="tables_of_slopes: a Hessian is symmetric"
# - return np.stack([(gradient(x + step) - gradient(x - step)) / (2 * h) for step in h * np.eye(len(x))], axis=1)
# + return np.stack([(gradient(x + step) - gradient(x - step)) / (2 * h) for step in h * np.eye(len(x))])


# %% equivalent="tables_of_slopes: a Hessian is symmetric, written otherwise"
# - return np.stack([(gradient(x + step) - gradient(x - step)) / (2 * h) for step in h * np.eye(len(x))], axis=1)
# + return np.stack([(gradient(x + step) - gradient(x - step)) / (2 * h) for step in h * np.eye(len(x))], axis=0)


# %% equivalent="tables_of_slopes: a step twice as long is as good"
# - h = 0.001
# + h = 0.002


# %% equivalent="tables_of_slopes: a step twice as long is as good, written otherwise"
# - h, columns = (1e-05, [])
# + h, columns = (2e-05, [])
