# Answers by a panel that read only the released notebook: what `course audit` grades and counts apart. No student sees them.

# %% right="differences: walrus names keep the three values, so that f is called three times"
def differences(f, x: float, h: float) -> tuple[float, float, float]:
    """The forward difference, the central one, and the second derivative of f at x, with steps of length h."""
    forward = ((above := f(x + h)) - (here := f(x))) / h
    central = (above - (below := f(x - h))) / (h + h)
    second = (above - here - (here - below)) / (h * h)
    return forward, central, second


# %% right="differences: the second is the change of two one-sided slopes for each h"
def differences(f, x: float, h: float) -> tuple[float, float, float]:
    """The forward difference, the central one, and the second derivative of f at x, with steps of length h."""
    forward = (f(x + h) - f(x)) / h
    central = (0.5 * f(x + h) - 0.5 * f(x - h)) / (h)
    second = ((f(x + h) - f(x)) / h - (f(x) - f(x - h)) / h) / h
    return forward, central, second


# %% right="differences: math.fsum and weights in lists"
def differences(f, x: float, h: float) -> tuple[float, float, float]:
    """The forward difference, the central one, and the second derivative of f at x, with steps of length h."""
    forward = (f(x + h) - f(x)) / h
    central = (math.fsum(sign * f(x + sign * h) for sign in (1, -1))) / (2.0 * h)
    second = (math.fsum(weight * f(x + k * h) for k, weight in ((-1, 1), (0, -2), (1, 1)))) / math.pow(h, 2)
    return forward, central, second


# %% wrong="differences: central with twice the step to either side; breaks: steps of length h and the formula of the central difference, seen with any cubic"
def differences(f, x: float, h: float) -> tuple[float, float, float]:
    """The forward difference, the central one, and the second derivative of f at x, with steps of length h."""
    forward = (f(x + h) - f(x)) / h
    central = (f(x + 2 * h) - f(x - 2 * h)) / (4 * h)
    second = (f(x + h) - 2 * f(x) + f(x - h)) / h**2
    return forward, central, second


# %% wrong="differences: central with half a step to either side; breaks: the formula of the central difference, seen with any cubic and a large h"
def differences(f, x: float, h: float) -> tuple[float, float, float]:
    """The forward difference, the central one, and the second derivative of f at x, with steps of length h."""
    forward = (f(x + h) - f(x)) / h
    central = (f(x + h / 2) - f(x - h / 2)) / (h)
    second = (f(x + h) - 2 * f(x) + f(x - h)) / h**2
    return forward, central, second


# %% wrong="differences: the second derivative is taken one step further on, from f(x + 2h), f(x + h) and f(x); breaks: the formula of the second derivative, seen with any cubic"
def differences(f, x: float, h: float) -> tuple[float, float, float]:
    """The forward difference, the central one, and the second derivative of f at x, with steps of length h."""
    forward = (f(x + h) - f(x)) / h
    central = (f(x + h) - f(x - h)) / (2 * h)
    second = (f(x + 2 * h) - 2 * f(x + h) + f(x)) / h**2
    return forward, central, second


# %% wrong="differences: central ignores h and steps 1e-5; breaks: with steps of length h, seen with a cubic and h = 0.1"
def differences(f, x: float, h: float) -> tuple[float, float, float]:
    """The forward difference, the central one, and the second derivative of f at x, with steps of length h."""
    forward = (f(x + h) - f(x)) / h
    central = (f(x + 1e-5) - f(x - 1e-5)) / (2e-5)
    second = (f(x + h) - 2 * f(x) + f(x - h)) / h**2
    return forward, central, second


# %% wrong="differences: the second is divided by h / 2, which is h squared only for h = 0.5; breaks: the formula of the second derivative, seen with h = 0.1"
def differences(f, x: float, h: float) -> tuple[float, float, float]:
    """The forward difference, the central one, and the second derivative of f at x, with steps of length h."""
    forward = (f(x + h) - f(x)) / h
    central = (f(x + h) - f(x - h)) / (2 * h)
    second = (f(x + h) - 2 * f(x) + f(x - h)) / (h / 2)
    return forward, central, second


# %% wrong="differences: sets the default dtype to float64 on the way and never back; breaks: it leaves no trace, default dtype"
def differences(f, x: float, h: float) -> tuple[float, float, float]:
    """The forward difference, the central one, and the second derivative of f at x, with steps of length h."""
    torch.set_default_dtype(torch.float64)  # check gradients in float64
    forward = (f(x + h) - f(x)) / h
    central = (f(x + h) - f(x - h)) / (2 * h)
    second = (f(x + h) - 2 * f(x) + f(x - h)) / h**2
    return forward, central, second


# %% wrong="differences: hands tensors to f and gives tensors back; breaks: it returns plain Python numbers, not tensors"
def differences(f, x: float, h: float) -> tuple[float, float, float]:
    """The forward difference, the central one, and the second derivative of f at x, with steps of length h."""
    x = torch.tensor(x, dtype=torch.float64)
    forward = (f(x + h) - f(x)) / h
    central = (f(x + h) - f(x - h)) / (2 * h)
    second = (f(x + h) - 2 * f(x) + f(x - h)) / h**2
    return forward, central, second


# %% right="numeric_gradient: flat copies that are shaped again for each call"
def numeric_gradient(f, x: np.ndarray, h: float) -> np.ndarray:
    """The gradient of f at x, in the shape of x."""
    flat = np.array(x, dtype=np.float64).ravel().tolist()

    def called(i, step):
        numbers = list(flat)
        numbers[i] += step
        return float(f(np.array(numbers, dtype=np.float64).reshape(x.shape)))

    return np.array([(called(i, h) - called(i, -h)) / (2 * h) for i in range(len(flat))]).reshape(x.shape)


def directional(f, x: np.ndarray, direction: np.ndarray, h: float) -> float:
    """How fast f changes at x for each unit of length in this direction."""
    length = math.sqrt(math.fsum(float(d) ** 2 for d in np.ravel(direction)))
    step = np.asarray(direction * (h / length))
    return float(f(np.asarray(x + step)) - f(np.asarray(x - step))) / (2.0 * h)


# %% right="numeric_gradient: one helper for both: the gradient walks along each axis"
def slope_along_unit(f, x, unit, h):
    above, below = (f(np.asarray(x + sign * h * unit)) for sign in (1.0, -1.0))
    return float((above - below) / (2 * h))


def numeric_gradient(f, x: np.ndarray, h: float) -> np.ndarray:
    """The gradient of f at x, in the shape of x."""
    axes = np.eye(x.size).reshape((x.size, *x.shape))
    return np.array([slope_along_unit(f, x, axis, h) for axis in axes]).reshape(x.shape)


def directional(f, x: np.ndarray, direction: np.ndarray, h: float) -> float:
    """How fast f changes at x for each unit of length in this direction."""
    return slope_along_unit(f, x, direction / np.linalg.norm(np.ravel(direction)), h)


# %% right="numeric_gradient: nditer with a multi index, a fresh copy for each call, and a lambda of one variable"
def numeric_gradient(f, x: np.ndarray, h: float) -> np.ndarray:
    """The gradient of f at x, in the shape of x."""
    slopes = np.empty(x.shape, dtype=np.float64)
    walker = np.nditer(x, flags=["multi_index"])
    for entry in walker:
        above, below = np.array(x), np.array(x)
        above[walker.multi_index] = float(entry) + h
        below[walker.multi_index] = float(entry) - h
        slopes[walker.multi_index] = (f(above) - f(below)) / h / 2
    return slopes


def directional(f, x: np.ndarray, direction: np.ndarray, h: float) -> float:
    """How fast f changes at x for each unit of length in this direction."""
    length = float(np.sqrt(np.vdot(direction, direction)))
    along = lambda t: float(f(np.asarray(x + t / length * direction, dtype=np.float64)))
    return (along(h) - along(-h)) / (2 * h)


# %% wrong="numeric_gradient: moves the entries of x itself and moves them back by arithmetic; breaks: it leaves its inputs unchanged, the last bits differ"
def numeric_gradient(f, x: np.ndarray, h: float) -> np.ndarray:
    """The gradient of f at x, in the shape of x."""
    slopes = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        x[place] += h
        above = f(x)
        x[place] -= 2 * h
        below = f(x)
        x[place] += h
        slopes[place] = (above - below) / (2 * h)
    return slopes


def directional(f, x: np.ndarray, direction: np.ndarray, h: float) -> float:
    """How fast f changes at x for each unit of length in this direction."""
    unit = direction / np.sqrt((direction**2).sum())
    return float((f(x + h * unit) - f(x - h * unit)) / (2 * h))


# %% wrong="numeric_gradient: moves the entries of x.reshape(-1), which is a copy for a transposed x; breaks: x may be a part of another array, a transposed one for instance, whose gradient comes out as zeros"
def numeric_gradient(f, x: np.ndarray, h: float) -> np.ndarray:
    """The gradient of f at x, in the shape of x."""
    flat = x.reshape(-1)
    slopes = np.zeros(x.size)
    for i in range(x.size):
        old = flat[i]
        flat[i] = old + h
        above = f(x)
        flat[i] = old - h
        below = f(x)
        flat[i] = old
        slopes[i] = (above - below) / (2 * h)
    return slopes.reshape(x.shape)


def directional(f, x: np.ndarray, direction: np.ndarray, h: float) -> float:
    """How fast f changes at x for each unit of length in this direction."""
    unit = direction / np.sqrt((direction**2).sum())
    return float((f(x + h * unit) - f(x - h * unit)) / (2 * h))


# %% wrong="numeric_gradient: goes through len(x) entries, so it moves whole rows of a table and fails for one number; breaks: any shape, () included, seen with x of shape (2, 3) or ()"
def numeric_gradient(f, x: np.ndarray, h: float) -> np.ndarray:
    """The gradient of f at x, in the shape of x."""
    slopes = np.zeros(x.shape)
    moved = x.copy()
    for place in range(len(x)):
        moved[place] = x[place] + h
        above = f(moved)
        moved[place] = x[place] - h
        below = f(moved)
        moved[place] = x[place]
        slopes[place] = (above - below) / (2 * h)
    return slopes


def directional(f, x: np.ndarray, direction: np.ndarray, h: float) -> float:
    """How fast f changes at x for each unit of length in this direction."""
    unit = direction / np.sqrt((direction**2).sum())
    return float((f(x + h * unit) - f(x - h * unit)) / (2 * h))


# %% wrong="numeric_gradient: the gradient is a flat list of slopes; breaks: the gradient of f at x in the shape of x, seen with a table"
def numeric_gradient(f, x: np.ndarray, h: float) -> np.ndarray:
    """The gradient of f at x, in the shape of x."""
    slopes = np.zeros(x.shape)
    moved = x.copy()
    for place in np.ndindex(x.shape):
        moved[place] = x[place] + h
        above = f(moved)
        moved[place] = x[place] - h
        below = f(moved)
        moved[place] = x[place]
        slopes[place] = (above - below) / (2 * h)
    return slopes.ravel()


def directional(f, x: np.ndarray, direction: np.ndarray, h: float) -> float:
    """How fast f changes at x for each unit of length in this direction."""
    unit = direction / np.sqrt((direction**2).sum())
    return float((f(x + h * unit) - f(x - h * unit)) / (2 * h))


# %% wrong="numeric_gradient: brings the direction to length 1 in place; breaks: it leaves its inputs unchanged, seen in the direction after the call"
def numeric_gradient(f, x: np.ndarray, h: float) -> np.ndarray:
    """The gradient of f at x, in the shape of x."""
    slopes = np.zeros(x.shape)
    moved = x.copy()
    for place in np.ndindex(x.shape):
        moved[place] = x[place] + h
        above = f(moved)
        moved[place] = x[place] - h
        below = f(moved)
        moved[place] = x[place]
        slopes[place] = (above - below) / (2 * h)
    return slopes


def directional(f, x: np.ndarray, direction: np.ndarray, h: float) -> float:
    """How fast f changes at x for each unit of length in this direction."""
    direction /= np.sqrt((direction**2).sum())
    unit = direction
    return float((f(x + h * unit) - f(x - h * unit)) / (2 * h))


# %% wrong="numeric_gradient: steps by h times the direction and divides by its length later; breaks: with steps of length h, seen with a cubic and a long direction"
def numeric_gradient(f, x: np.ndarray, h: float) -> np.ndarray:
    """The gradient of f at x, in the shape of x."""
    slopes = np.zeros(x.shape)
    moved = x.copy()
    for place in np.ndindex(x.shape):
        moved[place] = x[place] + h
        above = f(moved)
        moved[place] = x[place] - h
        below = f(moved)
        moved[place] = x[place]
        slopes[place] = (above - below) / (2 * h)
    return slopes


def directional(f, x: np.ndarray, direction: np.ndarray, h: float) -> float:
    """How fast f changes at x for each unit of length in this direction."""
    length = np.sqrt((direction**2).sum())
    return float((f(x + h * direction) - f(x - h * direction)) / (2 * h * length))


# %% wrong="numeric_gradient: the length of a table is taken as its largest singular value; breaks: for each unit of length, seen with a direction of shape (2, 3)"
def numeric_gradient(f, x: np.ndarray, h: float) -> np.ndarray:
    """The gradient of f at x, in the shape of x."""
    slopes = np.zeros(x.shape)
    moved = x.copy()
    for place in np.ndindex(x.shape):
        moved[place] = x[place] + h
        above = f(moved)
        moved[place] = x[place] - h
        below = f(moved)
        moved[place] = x[place]
        slopes[place] = (above - below) / (2 * h)
    return slopes


def directional(f, x: np.ndarray, direction: np.ndarray, h: float) -> float:
    """How fast f changes at x for each unit of length in this direction."""
    unit = direction / np.linalg.norm(direction, 2)
    return float((f(x + h * unit) - f(x - h * unit)) / (2 * h))


# %% right="tables_of_slopes: the Hessian is the Jacobian of the Jacobian of f as a map to one number"
def jacobian(f, x: np.ndarray, h: float = 1e-5) -> np.ndarray:
    """The Jacobian (m, n) of f at x (n,)."""
    return np.array([(f(x + step) - f(x - step)) / (2 * h) for step in h * np.eye(x.size)]).T


def hessian(f, x: np.ndarray) -> np.ndarray:
    """The Hessian (n, n) of f at x (n,)."""
    gradient = lambda v: jacobian(lambda u: np.array([float(f(u))]), v, h=1e-3)[0]
    return jacobian(gradient, x, h=1e-3)


# %% right="tables_of_slopes: five-point differences, and a Hessian whose upper triangle is mirrored"
def jacobian(f, x: np.ndarray) -> np.ndarray:
    """The Jacobian (m, n) of f at x (n,)."""
    h, table = 1e-3, None
    for column in range(len(x)):
        step = np.where(np.arange(len(x)) == column, h, 0.0)
        slope = (8 * (f(x + step) - f(x - step)) - (f(x + 2 * step) - f(x - 2 * step))) / (12 * h)
        if table is None:
            table = np.empty((len(slope), len(x)))
        table[:, column] = slope
    return table


def hessian(f, x: np.ndarray) -> np.ndarray:
    """The Hessian (n, n) of f at x (n,)."""
    h, here = 2e-4, float(f(x.copy()))
    upper = np.zeros((len(x), len(x)))
    for i, one in enumerate(np.identity(len(x)) * h):
        upper[i, i] = (f(x + one) - 2 * here + f(x - one)) / h**2
        for j, other in list(enumerate(np.identity(len(x)) * h))[i + 1 :]:
            both = f(x + one + other) + f(x - one - other)
            apart = f(x + one - other) + f(x - one + other)
            upper[i, j] = (both - apart) / (2 * h) ** 2
    return upper + np.triu(upper, 1).T


# %% right="tables_of_slopes: curvature along sums of directions (polarisation), with one-sided small steps for the Jacobian"
def jacobian(f, x: np.ndarray) -> np.ndarray:
    """The Jacobian (m, n) of f at x (n,)."""
    h, here = 1e-7, np.array(f(np.array(x)))
    moved = (np.array([value + h * (i == j) for j, value in enumerate(x)]) for i in range(len(x)))
    return np.column_stack([(f(place) - here) / h for place in moved])


def hessian(f, x: np.ndarray) -> np.ndarray:
    """The Hessian (n, n) of f at x (n,)."""

    def curvature(u, h=3e-4):
        return (f(x + h * u) - 2 * f(x) + f(x - h * u)) / h**2

    axes = list(np.eye(len(x)))
    return np.array([[(curvature(a + b) - curvature(a - b)) / 4 for b in axes] for a in axes])


# %% wrong="tables_of_slopes: the Hessian holds mixed slopes only, its diagonal stays zero; breaks: the second derivatives with i = j, seen with any bowl"
def jacobian(f, x: np.ndarray) -> np.ndarray:
    """The Jacobian (m, n) of f at x (n,)."""
    h = 1e-5
    columns = []
    for i in range(len(x)):
        step = np.zeros(len(x))
        step[i] = h
        columns.append((f(x + step) - f(x - step)) / (2 * h))
    return np.stack(columns, axis=1)


def hessian(f, x: np.ndarray) -> np.ndarray:
    """The Hessian (n, n) of f at x (n,)."""
    h = 1e-4
    n = len(x)
    steps = h * np.eye(n)
    table = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            if i == j:
                continue
            table[i, j] = (
                f(x + steps[i] + steps[j])
                - f(x + steps[i] - steps[j])
                - f(x - steps[i] + steps[j])
                + f(x - steps[i] - steps[j])
            ) / (4 * h**2)
    return table


# %% wrong="tables_of_slopes: the diagonal steps twice as far and is divided by h squared, four times too large; breaks: the entries on the diagonal, seen with any bowl"
def jacobian(f, x: np.ndarray) -> np.ndarray:
    """The Jacobian (m, n) of f at x (n,)."""
    h = 1e-5
    columns = []
    for i in range(len(x)):
        step = np.zeros(len(x))
        step[i] = h
        columns.append((f(x + step) - f(x - step)) / (2 * h))
    return np.stack(columns, axis=1)


def hessian(f, x: np.ndarray) -> np.ndarray:
    """The Hessian (n, n) of f at x (n,)."""
    h = 1e-4
    n = len(x)
    steps = h * np.eye(n)
    table = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            table[i, j] = (
                f(x + steps[i] + steps[j])
                - f(x + steps[i] - steps[j])
                - f(x - steps[i] + steps[j])
                + f(x - steps[i] - steps[j])
            ) / (4 * h**2)
    for i in range(n):
        table[i, i] = (f(x + 2 * steps[i]) - 2 * f(x) + f(x - 2 * steps[i])) / h**2
    return table


# %% wrong="tables_of_slopes: the Hessian is written for two inputs; breaks: the Hessian (n, n), seen with three inputs or one"
def jacobian(f, x: np.ndarray) -> np.ndarray:
    """The Jacobian (m, n) of f at x (n,)."""
    h = 1e-5
    columns = []
    for i in range(len(x)):
        step = np.zeros(len(x))
        step[i] = h
        columns.append((f(x + step) - f(x - step)) / (2 * h))
    return np.stack(columns, axis=1)


def hessian(f, x: np.ndarray) -> np.ndarray:
    """The Hessian (n, n) of f at x (n,)."""
    h = 1e-4
    n = 2
    steps = h * np.eye(n)
    table = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            table[i, j] = (
                f(x + steps[i] + steps[j])
                - f(x + steps[i] - steps[j])
                - f(x - steps[i] + steps[j])
                + f(x - steps[i] - steps[j])
            ) / (4 * h**2)
    return table


# %% wrong="tables_of_slopes: the Jacobian moves x itself to and fro; breaks: it leaves its inputs unchanged, x differs in its last bits"
def jacobian(f, x: np.ndarray) -> np.ndarray:
    """The Jacobian (m, n) of f at x (n,)."""
    h = 1e-5
    columns = []
    for i in range(len(x)):
        x[i] += h
        above = f(x)
        x[i] -= 2 * h
        below = f(x)
        x[i] += h
        columns.append((above - below) / (2 * h))
    return np.stack(columns, axis=1)


def hessian(f, x: np.ndarray) -> np.ndarray:
    """The Hessian (n, n) of f at x (n,)."""
    h = 1e-4
    n = len(x)
    steps = h * np.eye(n)
    table = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            table[i, j] = (
                f(x + steps[i] + steps[j])
                - f(x + steps[i] - steps[j])
                - f(x - steps[i] + steps[j])
                + f(x - steps[i] - steps[j])
            ) / (4 * h**2)
    return table


# %% wrong="tables_of_slopes: steps of 1e-8 for second derivatives, so that rounding is all that is left; breaks: four correct digits are enough"
def jacobian(f, x: np.ndarray) -> np.ndarray:
    """The Jacobian (m, n) of f at x (n,)."""
    h = 1e-5
    columns = []
    for i in range(len(x)):
        step = np.zeros(len(x))
        step[i] = h
        columns.append((f(x + step) - f(x - step)) / (2 * h))
    return np.stack(columns, axis=1)


def hessian(f, x: np.ndarray) -> np.ndarray:
    """The Hessian (n, n) of f at x (n,)."""
    h = 1e-8
    n = len(x)
    steps = h * np.eye(n)
    table = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            table[i, j] = (
                f(x + steps[i] + steps[j])
                - f(x + steps[i] - steps[j])
                - f(x - steps[i] + steps[j])
                + f(x - steps[i] - steps[j])
            ) / (4 * h**2)
    return table


# %% wrong="tables_of_slopes: axes of size one are squeezed away; breaks: the Jacobian (m, n), seen with one output or one input"
def jacobian(f, x: np.ndarray) -> np.ndarray:
    """The Jacobian (m, n) of f at x (n,)."""
    h = 1e-5
    columns = []
    for i in range(len(x)):
        step = np.zeros(len(x))
        step[i] = h
        columns.append((f(x + step) - f(x - step)) / (2 * h))
    return np.stack(columns, axis=1).squeeze()


def hessian(f, x: np.ndarray) -> np.ndarray:
    """The Hessian (n, n) of f at x (n,)."""
    h = 1e-4
    n = len(x)
    steps = h * np.eye(n)
    table = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            table[i, j] = (
                f(x + steps[i] + steps[j])
                - f(x + steps[i] - steps[j])
                - f(x - steps[i] + steps[j])
                + f(x - steps[i] - steps[j])
            ) / (4 * h**2)
    return table


# %% wrong="tables_of_slopes: seeds the global generators to move by random signs; breaks: it leaves no trace, the global random generators"
def jacobian(f, x: np.ndarray) -> np.ndarray:
    """The Jacobian (m, n) of f at x (n,)."""
    h = 1e-5
    np.random.seed(0)
    torch.manual_seed(0)
    columns = []
    for i in range(len(x)):
        step = np.zeros(len(x))
        step[i] = sign = h * np.random.choice([-1, 1])
        columns.append((f(x + step) - f(x - step)) / (2 * sign))
    return np.stack(columns, axis=1)


def hessian(f, x: np.ndarray) -> np.ndarray:
    """The Hessian (n, n) of f at x (n,)."""
    h = 1e-4
    n = len(x)
    steps = h * np.eye(n)
    table = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            table[i, j] = (
                f(x + steps[i] + steps[j])
                - f(x + steps[i] - steps[j])
                - f(x - steps[i] + steps[j])
                + f(x - steps[i] - steps[j])
            ) / (4 * h**2)
    return table


# %% right="cubic: einsum by hand; the gradient is zeroed, gradients are switched off by set_grad_enabled"
def cubic_by_hand(x: np.ndarray, y: np.ndarray, c: np.ndarray, lr: float, steps: int) -> np.ndarray:
    """The coefficients (4,) after so many steps from c, for points x and y (n,)."""
    powers = np.stack([x**k for k in range(4)])  # (4, n)
    for _ in range(steps):
        error = np.einsum("k,kn->n", c, powers) - y
        slope = np.einsum("kn,n->k", powers, 2 * error)
        c = c - lr * slope
    return c


def cubic_by_autograd(x: torch.Tensor, y: torch.Tensor, c: torch.Tensor, lr: float, steps: int) -> torch.Tensor:
    """The same, with slopes from autograd."""
    powers = torch.stack([x**k for k in range(4)])
    c = c.detach().clone().requires_grad_()
    for _ in range(steps):
        loss = ((c @ powers - y) ** 2).sum()
        loss.backward()
        with torch.set_grad_enabled(False):
            c -= lr * c.grad
        c.grad = torch.zeros_like(c)
    return c.data.clone()


# %% right="cubic: lists and sums by hand; backward gets its one explicitly"
def cubic_by_hand(x: np.ndarray, y: np.ndarray, c: np.ndarray, lr: float, steps: int) -> np.ndarray:
    """The coefficients (4,) after so many steps from c, for points x and y (n,)."""
    powers = np.stack([x**k for k in range(4)])  # (4, n)
    for _ in range(steps):
        error = [sum(c[k] * powers[k][i] for k in range(4)) - y[i] for i in range(len(y))]
        slope = np.array([sum(2 * e * p for e, p in zip(error, row, strict=True)) for row in powers])
        c = c - lr * slope
    return c


def cubic_by_autograd(x: torch.Tensor, y: torch.Tensor, c: torch.Tensor, lr: float, steps: int) -> torch.Tensor:
    """The same, with slopes from autograd."""
    powers = torch.stack([x**k for k in range(4)])
    c = c.detach().clone().requires_grad_()
    for _ in range(steps):
        loss = ((c @ powers - y) ** 2).sum()
        loss.backward(gradient=torch.ones_like(loss), inputs=[c])
        with torch.no_grad():
            c -= lr * c.grad
        c.grad = None
    return c.requires_grad_(False)


# %% right="cubic: Horner's rule for the error and a matrix product from the right for the slope"
def cubic_by_hand(x: np.ndarray, y: np.ndarray, c: np.ndarray, lr: float, steps: int) -> np.ndarray:
    """The coefficients (4,) after so many steps from c, for points x and y (n,)."""
    powers = np.stack([x**k for k in range(4)])  # (4, n)
    for _ in range(steps):
        error = np.polynomial.polynomial.polyval(x, c) - y
        slope = (error + error) @ powers.T
        c = c - lr * slope
    return c


def cubic_by_autograd(x: torch.Tensor, y: torch.Tensor, c: torch.Tensor, lr: float, steps: int) -> torch.Tensor:
    """The same, with slopes from autograd."""
    powers = torch.stack([x**k for k in range(4)])
    c = c.clone().detach().requires_grad_(True)
    for _ in range(steps):
        loss = ((c @ powers - y) ** 2).sum()
        loss.backward()
        with torch.no_grad():
            c -= lr * c.grad
        c.grad = None
    return c.clone().detach()


# %% wrong="cubic: by hand: the mean of the squared errors in place of the sum; breaks: gradient descent on the sum of the squared errors, seen with more than one point"
def cubic_by_hand(x: np.ndarray, y: np.ndarray, c: np.ndarray, lr: float, steps: int) -> np.ndarray:
    """The coefficients (4,) after so many steps from c, for points x and y (n,)."""
    powers = np.stack([x**k for k in range(4)])  # (4, n)
    for _ in range(steps):
        error = c @ powers - y
        slope = 2 * powers @ error / len(x)
        c = c - lr * slope
    return c


def cubic_by_autograd(x: torch.Tensor, y: torch.Tensor, c: torch.Tensor, lr: float, steps: int) -> torch.Tensor:
    """The same, with slopes from autograd."""
    powers = torch.stack([x**k for k in range(4)])
    c = c.detach().clone().requires_grad_()
    for _ in range(steps):
        loss = ((c @ powers - y) ** 2).sum()
        loss.backward()
        with torch.no_grad():
            c -= lr * c.grad
        c.grad = None
    return c.detach()


# %% wrong="cubic: by hand: the sum of the errors times the sum of the powers; breaks: the slope of the sum of squares, seen with more than one point"
def cubic_by_hand(x: np.ndarray, y: np.ndarray, c: np.ndarray, lr: float, steps: int) -> np.ndarray:
    """The coefficients (4,) after so many steps from c, for points x and y (n,)."""
    powers = np.stack([x**k for k in range(4)])  # (4, n)
    for _ in range(steps):
        error = c @ powers - y
        slope = 2 * error.sum() * powers.sum(axis=1)
        c = c - lr * slope
    return c


def cubic_by_autograd(x: torch.Tensor, y: torch.Tensor, c: torch.Tensor, lr: float, steps: int) -> torch.Tensor:
    """The same, with slopes from autograd."""
    powers = torch.stack([x**k for k in range(4)])
    c = c.detach().clone().requires_grad_()
    for _ in range(steps):
        loss = ((c @ powers - y) ** 2).sum()
        loss.backward()
        with torch.no_grad():
            c -= lr * c.grad
        c.grad = None
    return c.detach()


# %% wrong="cubic: no clone, so that the steps are taken in the memory of the start; breaks: the start c must not be changed"
def cubic_by_hand(x: np.ndarray, y: np.ndarray, c: np.ndarray, lr: float, steps: int) -> np.ndarray:
    """The coefficients (4,) after so many steps from c, for points x and y (n,)."""
    powers = np.stack([x**k for k in range(4)])  # (4, n)
    for _ in range(steps):
        error = c @ powers - y
        slope = 2 * powers @ error
        c = c - lr * slope
    return c


def cubic_by_autograd(x: torch.Tensor, y: torch.Tensor, c: torch.Tensor, lr: float, steps: int) -> torch.Tensor:
    """The same, with slopes from autograd."""
    powers = torch.stack([x**k for k in range(4)])
    c = c.detach().requires_grad_()
    for _ in range(steps):
        loss = ((c @ powers - y) ** 2).sum()
        loss.backward()
        with torch.no_grad():
            c -= lr * c.grad
        c.grad = None
    return c.detach()


# %% wrong="cubic: the slope is never cleared and adds up; breaks: the same, gradient descent, seen with two steps"
def cubic_by_hand(x: np.ndarray, y: np.ndarray, c: np.ndarray, lr: float, steps: int) -> np.ndarray:
    """The coefficients (4,) after so many steps from c, for points x and y (n,)."""
    powers = np.stack([x**k for k in range(4)])  # (4, n)
    for _ in range(steps):
        error = c @ powers - y
        slope = 2 * powers @ error
        c = c - lr * slope
    return c


def cubic_by_autograd(x: torch.Tensor, y: torch.Tensor, c: torch.Tensor, lr: float, steps: int) -> torch.Tensor:
    """The same, with slopes from autograd."""
    powers = torch.stack([x**k for k in range(4)])
    c = c.detach().clone().requires_grad_()
    for _ in range(steps):
        loss = ((c @ powers - y) ** 2).sum()
        loss.backward()
        with torch.no_grad():
            c -= lr * c.grad
        c.grad = c.grad
    return c.detach()


# %% wrong="cubic: what comes back still requires a gradient and has a past; breaks: plain numbers, without a diary"
def cubic_by_hand(x: np.ndarray, y: np.ndarray, c: np.ndarray, lr: float, steps: int) -> np.ndarray:
    """The coefficients (4,) after so many steps from c, for points x and y (n,)."""
    powers = np.stack([x**k for k in range(4)])  # (4, n)
    for _ in range(steps):
        error = c @ powers - y
        slope = 2 * powers @ error
        c = c - lr * slope
    return c


def cubic_by_autograd(x: torch.Tensor, y: torch.Tensor, c: torch.Tensor, lr: float, steps: int) -> torch.Tensor:
    """The same, with slopes from autograd."""
    powers = torch.stack([x**k for k in range(4)])
    c = c.detach().clone().requires_grad_()
    for _ in range(steps):
        loss = ((c @ powers - y) ** 2).sum()
        loss.backward()
        with torch.no_grad():
            c -= lr * c.grad
        c.grad = None
    return c.clone()


# %% wrong="cubic: the start is made float32; breaks: the same for float64 points, where the product of two types raises"
def cubic_by_hand(x: np.ndarray, y: np.ndarray, c: np.ndarray, lr: float, steps: int) -> np.ndarray:
    """The coefficients (4,) after so many steps from c, for points x and y (n,)."""
    powers = np.stack([x**k for k in range(4)])  # (4, n)
    for _ in range(steps):
        error = c @ powers - y
        slope = 2 * powers @ error
        c = c - lr * slope
    return c


def cubic_by_autograd(x: torch.Tensor, y: torch.Tensor, c: torch.Tensor, lr: float, steps: int) -> torch.Tensor:
    """The same, with slopes from autograd."""
    powers = torch.stack([x**k for k in range(4)])
    c = c.detach().clone().float().requires_grad_()
    for _ in range(steps):
        loss = ((c @ powers - y) ** 2).sum()
        loss.backward()
        with torch.no_grad():
            c -= lr * c.grad
        c.grad = None
    return c.detach()


# %% wrong="cubic: gives an array back; breaks: cubic_by_autograd returns a torch.Tensor"
def cubic_by_hand(x: np.ndarray, y: np.ndarray, c: np.ndarray, lr: float, steps: int) -> np.ndarray:
    """The coefficients (4,) after so many steps from c, for points x and y (n,)."""
    powers = np.stack([x**k for k in range(4)])  # (4, n)
    for _ in range(steps):
        error = c @ powers - y
        slope = 2 * powers @ error
        c = c - lr * slope
    return c


def cubic_by_autograd(x: torch.Tensor, y: torch.Tensor, c: torch.Tensor, lr: float, steps: int) -> torch.Tensor:
    """The same, with slopes from autograd."""
    powers = torch.stack([x**k for k in range(4)])
    c = c.detach().clone().requires_grad_()
    for _ in range(steps):
        loss = ((c @ powers - y) ** 2).sum()
        loss.backward()
        with torch.no_grad():
            c -= lr * c.grad
        c.grad = None
    return c.detach().numpy()


# %% right="jacobian_rows: torch.func: vjp for one, jacrev for all"
def weighted(f, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """The gradient (n,) of v · f(x) at x (n,), for weights v (m,)."""
    _, pull = torch.func.vjp(f, x.detach().clone())
    return pull(v)[0].detach()


def rows(f, x: torch.Tensor) -> torch.Tensor:
    """The Jacobian (m, n) of f at x (n,)."""
    return torch.func.jacrev(f)(x.detach().clone()).detach()


# %% right="jacobian_rows: a fresh leaf and a fresh call for each entry of f, each with a bare backward"
def weighted(f, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """The gradient (n,) of v · f(x) at x (n,), for weights v (m,)."""
    leaf = x.detach().clone()
    leaf.requires_grad = True
    total = (v.detach() * f(leaf)).sum()
    total.backward(inputs=[leaf])
    return leaf.grad.clone()


def rows(f, x: torch.Tensor) -> torch.Tensor:
    """The Jacobian (m, n) of f at x (n,)."""
    with torch.no_grad():
        m = f(x.clone()).shape[0]
    table = torch.empty(m, x.shape[0], dtype=x.dtype)
    for row in range(m):
        leaf = x.detach().clone().requires_grad_(True)
        f(leaf)[row].backward(inputs=[leaf])
        table[row] = leaf.grad
    return table


# %% right="jacobian_rows: one call, the graph is kept, and a class that remembers it"
class WalkerBack:
    def __init__(self, f, x):
        self.leaf = x.detach().clone().requires_grad_()
        self.out = f(self.leaf)

    def row(self, v):
        return torch.autograd.grad(outputs=self.out, inputs=self.leaf, grad_outputs=v, retain_graph=True)[0]


def weighted(f, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """The gradient (n,) of v · f(x) at x (n,), for weights v (m,)."""
    return WalkerBack(f, x).row(v)


def rows(f, x: torch.Tensor) -> torch.Tensor:
    """The Jacobian (m, n) of f at x (n,)."""
    walker = WalkerBack(f, x)
    picks = torch.eye(len(walker.out), dtype=walker.out.dtype).unbind()
    return torch.cat([walker.row(pick).reshape(1, -1) for pick in picks], dim=0)


# %% wrong="jacobian_rows: as many rows as inputs; breaks: the Jacobian (m, n), seen with two outputs of three inputs"
def weighted(f, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """The gradient (n,) of v · f(x) at x (n,), for weights v (m,)."""
    leaf = x.detach().clone().requires_grad_()
    (slope,) = torch.autograd.grad(f(leaf), leaf, v)
    return slope


def rows(f, x: torch.Tensor) -> torch.Tensor:
    """The Jacobian (m, n) of f at x (n,)."""
    m = len(x)
    return torch.stack([weighted(f, x, v) for v in torch.eye(m, dtype=x.dtype)])


# %% wrong="jacobian_rows: the graph is created and kept in the result; breaks: its result holds no autograd graph"
def weighted(f, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """The gradient (n,) of v · f(x) at x (n,), for weights v (m,)."""
    leaf = x.detach().clone().requires_grad_()
    (slope,) = torch.autograd.grad(f(leaf), leaf, v, create_graph=True)
    return slope


def rows(f, x: torch.Tensor) -> torch.Tensor:
    """The Jacobian (m, n) of f at x (n,)."""
    m = len(f(x))
    return torch.stack([weighted(f, x, v) for v in torch.eye(m, dtype=x.dtype)])


# %% wrong="jacobian_rows: the rows are written into a table of the default type; breaks: it accepts float64 and returns tensors of the same type"
def weighted(f, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """The gradient (n,) of v · f(x) at x (n,), for weights v (m,)."""
    leaf = x.detach().clone().requires_grad_()
    (slope,) = torch.autograd.grad(f(leaf), leaf, v)
    return slope


def rows(f, x: torch.Tensor) -> torch.Tensor:
    """The Jacobian (m, n) of f at x (n,)."""
    m = len(f(x))
    table = torch.zeros(m, len(x))
    for i, v in enumerate(torch.eye(m, dtype=x.dtype)):
        table[i] = weighted(f, x, v)
    return table


# %% wrong="jacobian_rows: rows is a list of rows; breaks: it returns one tensor, not a list of its rows"
def weighted(f, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """The gradient (n,) of v · f(x) at x (n,), for weights v (m,)."""
    leaf = x.detach().clone().requires_grad_()
    (slope,) = torch.autograd.grad(f(leaf), leaf, v)
    return slope


def rows(f, x: torch.Tensor) -> torch.Tensor:
    """The Jacobian (m, n) of f at x (n,)."""
    m = len(f(x))
    return [weighted(f, x, v) for v in torch.eye(m, dtype=x.dtype)]


# %% wrong="jacobian_rows: a single row is squeezed to (n,); breaks: the Jacobian (m, n), seen with one output or one input"
def weighted(f, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """The gradient (n,) of v · f(x) at x (n,), for weights v (m,)."""
    leaf = x.detach().clone().requires_grad_()
    (slope,) = torch.autograd.grad(f(leaf), leaf, v)
    return slope


def rows(f, x: torch.Tensor) -> torch.Tensor:
    """The Jacobian (m, n) of f at x (n,)."""
    m = len(f(x))
    return torch.stack([weighted(f, x, v) for v in torch.eye(m, dtype=x.dtype)]).squeeze()


# %% wrong="jacobian_rows: x itself is made to require a gradient and keeps it; breaks: afterwards it must be as it was, without one"
def weighted(f, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """The gradient (n,) of v · f(x) at x (n,), for weights v (m,)."""
    x.requires_grad_()
    x.grad = None
    f(x).backward(v)
    return x.grad.clone()


def rows(f, x: torch.Tensor) -> torch.Tensor:
    """The Jacobian (m, n) of f at x (n,)."""
    m = len(f(x))
    return torch.stack([weighted(f, x, v) for v in torch.eye(m, dtype=x.dtype)])


# %% wrong="jacobian_rows: the gradients of one leaf add up over the rows; breaks: the Jacobian row by row, the second row still holds the first"
def weighted(f, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """The gradient (n,) of v · f(x) at x (n,), for weights v (m,)."""
    leaf = x.detach().clone().requires_grad_()
    (slope,) = torch.autograd.grad(f(leaf), leaf, v)
    return slope


def rows(f, x: torch.Tensor) -> torch.Tensor:
    """The Jacobian (m, n) of f at x (n,)."""
    leaf = x.detach().clone().requires_grad_()
    found = []
    for one in f(leaf):
        one.backward(retain_graph=True)
        found.append(leaf.grad.clone())
    return torch.stack(found)


# %% right="both_ways: the variables as a Matrix, the outputs joined by cat"
def both_ways(formulas: list[str], names: str, point: list[float]) -> tuple[torch.Tensor, torch.Tensor]:
    """The Jacobian of the formulas at a point, by algebra and by torch, in float64."""
    symbols = sympy.symbols(names, seq=True)
    table = sympy.Matrix([sympy.sympify(formula) for formula in formulas])
    exact = table.jacobian(sympy.Matrix([symbols]))
    there = exact.subs(dict(zip(symbols, point, strict=True)))
    f = sympy.lambdify(symbols, list(table), modules=[torch])
    x = torch.tensor(point, dtype=torch.float64)
    by_torch = torch.autograd.functional.jacobian(lambda v: torch.cat([one.reshape(1) for one in f(*v.unbind())]), x)
    return torch.tensor(np.array(there.tolist(), dtype=float)), by_torch


# %% right="both_ways: sympy numbers put in by xreplace; keyword arguments for torch"
def both_ways(formulas: list[str], names: str, point: list[float]) -> tuple[torch.Tensor, torch.Tensor]:
    """The Jacobian of the formulas at a point, by algebra and by torch, in float64."""
    symbols = sympy.symbols(names, seq=True)
    table = sympy.Matrix([sympy.sympify(formula) for formula in formulas])
    exact = table.jacobian(symbols)
    there = exact.xreplace(dict(zip(symbols, map(sympy.Float, point), strict=True)))
    f = sympy.lambdify(symbols, list(table), modules=[torch])
    x = torch.tensor(point, dtype=torch.float64)
    rows = lambda v: torch.stack(tuple(f(*(v[i] for i in range(len(symbols))))))
    table = torch.autograd.functional.jacobian(rows, x, create_graph=False, vectorize=False)
    return torch.tensor(np.array(there.tolist(), dtype=float)), table


# %% right="both_ways: constant formulas are taken care of"
def both_ways(formulas: list[str], names: str, point: list[float]) -> tuple[torch.Tensor, torch.Tensor]:
    """The Jacobian of the formulas at a point, by algebra and by torch, in float64."""
    symbols = sympy.symbols(names, seq=True)
    table = sympy.Matrix([sympy.sympify(formula) for formula in formulas])
    exact = table.jacobian(list(symbols))
    there = exact.subs(dict(zip(symbols, point, strict=True)))
    f = sympy.lambdify(symbols, list(table), modules=[torch])
    x = torch.tensor(point, dtype=torch.float64)
    by_autograd = torch.autograd.functional.jacobian(
        lambda v: torch.stack([0 * v.sum() + one for one in f(*v)]), x.clone()
    )
    return torch.tensor(np.array(there.tolist(), dtype=float)), by_autograd


# %% wrong="both_ways: f is given the first two entries; breaks: any names, seen with three of them or one"
def both_ways(formulas: list[str], names: str, point: list[float]) -> tuple[torch.Tensor, torch.Tensor]:
    """The Jacobian of the formulas at a point, by algebra and by torch, in float64."""
    symbols = sympy.symbols(names, seq=True)
    table = sympy.Matrix([sympy.sympify(formula) for formula in formulas])
    exact = table.jacobian(symbols)
    there = exact.subs(dict(zip(symbols, point, strict=True)))
    f = sympy.lambdify(symbols, list(table), modules=[torch])
    x = torch.tensor(point, dtype=torch.float64)
    by_torch = torch.autograd.functional.jacobian(lambda v: torch.stack(f(v[0], v[1])), x)
    return torch.tensor(np.array(there.tolist(), dtype=float)), by_torch


# %% wrong="both_ways: algebra is asked at whole numbers; breaks: at a point, seen with [1.5, 2.0]"
def both_ways(formulas: list[str], names: str, point: list[float]) -> tuple[torch.Tensor, torch.Tensor]:
    """The Jacobian of the formulas at a point, by algebra and by torch, in float64."""
    symbols = sympy.symbols(names, seq=True)
    table = sympy.Matrix([sympy.sympify(formula) for formula in formulas])
    exact = table.jacobian(symbols)
    there = exact.subs(dict(zip(symbols, map(int, point), strict=True)))
    f = sympy.lambdify(symbols, list(table), modules=[torch])
    x = torch.tensor(point, dtype=torch.float64)
    by_torch = torch.autograd.functional.jacobian(lambda v: torch.stack(f(*v)), x)
    return torch.tensor(np.array(there.tolist(), dtype=float)), by_torch


# %% wrong="both_ways: the Jacobian of torch keeps its graph; breaks: its result holds no autograd graph"
def both_ways(formulas: list[str], names: str, point: list[float]) -> tuple[torch.Tensor, torch.Tensor]:
    """The Jacobian of the formulas at a point, by algebra and by torch, in float64."""
    symbols = sympy.symbols(names, seq=True)
    table = sympy.Matrix([sympy.sympify(formula) for formula in formulas])
    exact = table.jacobian(symbols)
    there = exact.subs(dict(zip(symbols, point, strict=True)))
    f = sympy.lambdify(symbols, list(table), modules=[torch])
    x = torch.tensor(point, dtype=torch.float64)
    by_torch = torch.autograd.functional.jacobian(lambda v: torch.stack(f(*v)), x.requires_grad_(), create_graph=True)
    return torch.tensor(np.array(there.tolist(), dtype=float)), by_torch


# %% wrong="both_ways: a new tensor is made of the outputs, which cuts the diary; breaks: the Jacobian by torch, which is all zeros"
def both_ways(formulas: list[str], names: str, point: list[float]) -> tuple[torch.Tensor, torch.Tensor]:
    """The Jacobian of the formulas at a point, by algebra and by torch, in float64."""
    symbols = sympy.symbols(names, seq=True)
    table = sympy.Matrix([sympy.sympify(formula) for formula in formulas])
    exact = table.jacobian(symbols)
    there = exact.subs(dict(zip(symbols, point, strict=True)))
    f = sympy.lambdify(symbols, list(table), modules=[torch])
    x = torch.tensor(point, dtype=torch.float64)
    by_torch = torch.autograd.functional.jacobian(lambda v: torch.tensor(f(*v), dtype=torch.float64), x)
    return torch.tensor(np.array(there.tolist(), dtype=float)), by_torch


# %% right="in_pieces: split and autograd.grad, with the sum put into w.grad at the end"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""
    collected, losses = torch.zeros_like(w.detach()), []
    for xb, yb in zip(torch.split(x, size), torch.split(y, size), strict=True):
        share = xb.shape[0] / x.shape[0]
        loss = loss_of(w, xb, yb)
        (slope,) = torch.autograd.grad(loss, w)
        collected = collected + share * slope
        losses.append(share * float(loss.detach()))
    w.grad = collected if w.grad is None else w.grad + collected
    return math.fsum(losses)


# %% right="in_pieces: the share of the rows is handed to backward as the slope of the piece"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""
    n, done, mean = x.size(0), 0, 0.0
    while done < n:
        count = min(size, n - done)
        loss = loss_of(w, x.narrow(0, done, count), y.narrow(0, done, count))
        loss.backward(gradient=torch.full_like(loss, count / n))
        mean += loss.item() * count / n
        done += count
    return mean


# %% right="in_pieces: a generator of pieces of one row each, which is no more than size"
def one_by_one(x, y):
    for i in range(len(x)):
        yield x[i : i + 1], y[i : i + 1]


def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""
    losses = []
    for xb, yb in one_by_one(x, y):
        loss = loss_of(w, xb, yb)
        (loss / len(x)).backward()
        losses.append(loss.item())
    return sum(losses) / len(losses)


# %% wrong="in_pieces: clears w.grad first; breaks: what w.grad held before stays in the sum"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""
    total = 0.0
    w.grad = None
    for first in range(0, len(x), size):
        xb, yb = x[first : first + size], y[first : first + size]
        loss = loss_of(w, xb, yb) * len(xb) / len(x)
        loss.backward()
        total += loss.item()
    return total


# %% wrong="in_pieces: divides the whole of w.grad by the number of rows at the end; breaks: what w.grad held before stays in the sum, it is divided as well"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""
    total = 0.0
    for first in range(0, len(x), size):
        xb, yb = x[first : first + size], y[first : first + size]
        loss = loss_of(w, xb, yb) * len(xb)
        loss.backward()
        total += loss.item()
    w.grad /= len(x)
    return total / len(x)


# %% wrong="in_pieces: asks loss_of about all rows for the number it returns; breaks: show loss_of no more than size rows at once"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""
    for first in range(0, len(x), size):
        xb, yb = x[first : first + size], y[first : first + size]
        loss = loss_of(w, xb, yb) * len(xb) / len(x)
        loss.backward()
    with torch.no_grad():
        return loss_of(w, x, y).item()


# %% wrong="in_pieces: cuts into n // size chunks, which are larger than size when it does not divide; breaks: no more than size rows at once, seen with 7 rows and size 3"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""
    pieces = max(1, len(x) // size)
    total = 0.0
    for xb, yb in zip(x.chunk(pieces), y.chunk(pieces), strict=True):
        loss = loss_of(w, xb, yb) * len(xb) / len(x)
        loss.backward()
        total += loss.item()
    return total


# %% wrong="in_pieces: the mean loss comes back as a tensor; breaks: it returns plain Python numbers, not tensors"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""
    total = 0.0
    for first in range(0, len(x), size):
        xb, yb = x[first : first + size], y[first : first + size]
        loss = loss_of(w, xb, yb) * len(xb) / len(x)
        loss.backward()
        total += loss.detach()
    return total


# %% wrong="in_pieces: every piece counts the same, the short one too; breaks: the gradient of the mean loss of all rows, seen when size does not divide"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""
    total = 0.0
    for first in range(0, len(x), size):
        xb, yb = x[first : first + size], y[first : first + size]
        loss = loss_of(w, xb, yb) / math.ceil(len(x) / size)
        loss.backward()
        total += loss.item()
    return total


# %% right="read_off: least squares over all outputs, in float64 inside"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    chances = 1 / (1 + torch.exp(-logits.double()))
    return (chances - grad.double() * grad.numel()).to(logits.dtype)


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    table, delta = grad_w.double(), grad_b.double()
    delta_length = delta.norm()
    unit = delta / delta_length
    return (unit @ table / delta_length).to(grad_w.dtype)


# %% right="read_off: numpy inside, entry by entry"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    n = logits.shape[0]
    chance = lambda z: 0.5 * (1 + math.tanh(z / 2))
    found = [chance(z) - n * slope for z, slope in zip(logits.tolist(), grad.tolist(), strict=True)]
    return torch.tensor(found, dtype=logits.dtype)


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    deltas = grad_b.detach().numpy().astype(np.float64)
    which = max(range(len(deltas)), key=lambda i: abs(deltas[i]))
    row = grad_w.detach().numpy()[which].astype(np.float64) / deltas[which]
    return torch.from_numpy(row).to(grad_w.dtype)


# %% right="read_off: the signs are turned so that all deltas add up"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    return torch.add(logits.sigmoid(), grad, alpha=-grad.shape[0])


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    signs = torch.sign(grad_b)
    return (signs[:, None] * grad_w).sum(dim=0) / grad_b.abs().sum()


# %% wrong="read_off: the mean is taken for one over two rows; breaks: a mean over n rows, seen with one row or four"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    return torch.sigmoid(logits) - 2 * grad


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    best = grad_b.abs().argmax()
    return grad_w[best] / grad_b[best]


# %% wrong="read_off: labels are rounded to 0 or 1; breaks: the labels from 0 to 1, seen with a label of 0.3"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    return (torch.sigmoid(logits) - len(grad) * grad).round()


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    best = grad_b.abs().argmax()
    return grad_w[best] / grad_b[best]


# %% wrong="read_off: divides the sums; breaks: they have any sign and may add up to nothing, seen with biases 1 and -1"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    return torch.sigmoid(logits) - len(grad) * grad


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    return grad_w.sum(dim=0) / grad_b.sum()


# %% wrong="read_off: always divides the first row; breaks: some entries of grad_b may be zero or tiny, seen with a zero in the first place"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    return torch.sigmoid(logits) - len(grad) * grad


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    best = 0
    return grad_w[best] / grad_b[best]


# %% wrong="read_off: the largest with its sign; breaks: they have any sign, seen with -2 and 0, where it divides by the zero"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    return torch.sigmoid(logits) - len(grad) * grad


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    best = grad_b.argmax()
    return grad_w[best] / grad_b[best]


# %% wrong="read_off: view(-1) needs a contiguous table; breaks: it accepts non-contiguous tensors, such as a transpose"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    return torch.sigmoid(logits) - len(grad) * grad


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    best = grad_b.abs().argmax()
    features = grad_w.shape[1]
    return grad_w.view(-1)[best * features : (best + 1) * features] / grad_b[best]


# %% wrong="read_off: multiplies the gradient in place; breaks: it leaves its inputs unchanged, seen in grad after labels_behind"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    return torch.sigmoid(logits) - grad.mul_(len(grad))


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    best = grad_b.abs().argmax()
    return grad_w[best] / grad_b[best]


# %% right="squares: from the front, since a product has no order"
def squares(x: float, times: int) -> tuple[float, float]:
    """What x becomes when it is squared so many times in a row, and the slope of that with respect to x."""
    values = [x]
    for _ in range(times):
        values.append(values[-1] * values[-1])
    slope = 1.0
    for value in iter(values[:times]):
        slope = slope * (value + value)
    return values[-1], slope


# %% right="squares: a reversed slice in a tuple"
def squares(x: float, times: int) -> tuple[float, float]:
    """What x becomes when it is squared so many times in a row, and the slope of that with respect to x."""
    values = [x]
    for _ in range(times):
        values.append(pow(values[len(values) - 1], 2))
    slope = float(True)
    for value in tuple(values[-2::-1] if times else ()):
        slope = slope * 2 * value
    return values[-1], slope


# %% right="squares: products by math.prod"
def squares(x: float, times: int) -> tuple[float, float]:
    """What x becomes when it is squared so many times in a row, and the slope of that with respect to x."""
    values = [x]
    for _ in range(times):
        values.append(math.prod([values[-1]] * 2))
    slope = 1.0
    for value in list(values[: len(values) - 1]):
        slope = math.prod((slope, 2, value))
    return values[-1], slope


# %% wrong="squares: only the first two values; breaks: squared so many times, seen with three squarings"
def squares(x: float, times: int) -> tuple[float, float]:
    """What x becomes when it is squared so many times in a row, and the slope of that with respect to x."""
    values = [x]
    for _ in range(times):
        values.append(values[-1] ** 2)
    slope = 1.0
    for value in reversed(values[:2]):
        slope = slope * 2 * value
    return values[-1], slope


# %% wrong="squares: the slope begins with that of the first square; breaks: with times 0 the slope is 1"
def squares(x: float, times: int) -> tuple[float, float]:
    """What x becomes when it is squared so many times in a row, and the slope of that with respect to x."""
    values = [x]
    for _ in range(times):
        values.append(values[-1] ** 2)
    slope = 2 * x
    for value in reversed(values[1:-1]):
        slope = slope * 2 * value
    return values[-1], slope


# %% wrong="squares: the slope is a tensor; breaks: it returns plain Python numbers, not tensors"
def squares(x: float, times: int) -> tuple[float, float]:
    """What x becomes when it is squared so many times in a row, and the slope of that with respect to x."""
    values = [x]
    for _ in range(times):
        values.append(values[-1] ** 2)
    slope = torch.tensor(1.0)
    for value in reversed(values[:-1]):
        slope = slope * 2 * value
    return values[-1], slope


# %% wrong="squares: the value is used without its sign; breaks: the slope with respect to x, seen with a negative x"
def squares(x: float, times: int) -> tuple[float, float]:
    """What x becomes when it is squared so many times in a row, and the slope of that with respect to x."""
    values = [x]
    for _ in range(times):
        values.append(values[-1] ** 2)
    slope = 1.0
    for value in reversed(values[:-1]):
        slope = slope * 2 * abs(value)
    return values[-1], slope


# %% wrong="squares: whole numbers only; breaks: x is a float, seen with 0.9"
def squares(x: float, times: int) -> tuple[float, float]:
    """What x becomes when it is squared so many times in a row, and the slope of that with respect to x."""
    values = [x]
    for _ in range(times):
        values.append(values[-1] ** 2)
    slope = 1.0
    for value in reversed(values[:-1]):
        slope = slope * 2 * int(value)
    return values[-1], slope


# %% wrong="squares: the result counts as a factor too; breaks: the chain rule, the slope of each step at the value that arrived there, seen with any times"
def squares(x: float, times: int) -> tuple[float, float]:
    """What x becomes when it is squared so many times in a row, and the slope of that with respect to x."""
    values = [x]
    for _ in range(times):
        values.append(values[-1] ** 2)
    slope = 1.0
    for value in reversed(values):
        slope = slope * 2 * value
    return values[-1], slope


# %% right="elementwise: who equals the result gets the slope, and both on a tie half"
def log_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = np.log(x)."""
    return (np.divide(grad, x),)


def sigmoid_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = 1 / (1 + np.exp(-x))."""
    return (grad * (out - out**2),)


def multiply_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x * y."""
    return grad * y, grad * x


def maximum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = np.maximum(x, y), with ties halved."""
    share = np.where(x == out, np.where(y == out, 0.5, 1.0), 0.0)
    return share * grad, (np.where(y == out, np.where(x == out, 0.5, 1.0), 0.0)) * grad


# %% right="elementwise: the slope of the logarithm from the result; the sign of a difference"
def log_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = np.log(x)."""
    return (grad * np.exp(-out),)


def sigmoid_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = 1 / (1 + np.exp(-x))."""
    return (grad * np.multiply(out, np.subtract(1.0, out)),)


def multiply_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x * y."""
    return np.multiply(y, grad), np.multiply(x, grad)


def maximum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = np.maximum(x, y), with ties halved."""
    share = np.where(x != y, (1 + np.sign(x - y)) / 2, 1 / 2)
    return share * grad, ((1 + np.sign(y - x)) / 2) * grad


# %% right="elementwise: einsum and lists; nested choice"
def log_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = np.log(x)."""
    return (grad * x**-1.0,)


def sigmoid_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = 1 / (1 + np.exp(-x))."""
    return (grad * out * (1 - out),)


def multiply_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x * y."""
    return np.einsum("...,...->...", grad, y), np.einsum("...,...->...", grad, x)


def maximum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = np.maximum(x, y), with ties halved."""
    share = np.where(x > y, 1.0, np.where(x < y, 0.0, 0.5))
    return share * grad, (1.0 - share) * grad


# %% wrong="elementwise: the logarithm divides by its result; breaks: back through np.log(x), seen with any x but its fixed points"
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


# %% wrong="elementwise: the logarithm forgets grad; breaks: the slopes of L with respect to x, seen with a grad other than 1"
def log_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = np.log(x)."""
    return (1 / x,)


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


# %% wrong="elementwise: the slope of tanh in place of the sigmoid's; breaks: back through 1 / (1 + np.exp(-x))"
def log_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = np.log(x)."""
    return (grad / x,)


def sigmoid_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = 1 / (1 + np.exp(-x))."""
    return (grad * (1 - out**2),)


def multiply_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x * y."""
    return grad * y, grad * x


def maximum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = np.maximum(x, y), with ties halved."""
    share = np.where(x == y, 0.5, x > y)
    return share * grad, (1 - share) * grad


# %% wrong="elementwise: the slope of the sigmoid is computed from x as if x were the result; breaks: back through the sigmoid"
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


# %% wrong="elementwise: the product hands each factor its own value; breaks: back through x * y, the slope of x is y"
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


# %% wrong="elementwise: divides grad in place; breaks: it leaves its inputs unchanged, seen in grad after log_back"
def log_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = np.log(x)."""
    return (np.divide(grad, x, out=grad),)


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


# %% right="unbroadcast: all axes in one sum, then the shape is put back"
def unbroadcast(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The slopes of an input of this shape, whose copies have the slopes grad."""
    extra = np.ndim(grad) - len(shape)
    summed = [*range(extra), *(extra + i for i, size in enumerate(shape) if size == 1)]
    return np.asarray(np.sum(grad, axis=tuple(summed))).reshape(shape)


# %% right="unbroadcast: each entry of grad is added to the place that it was copied from, by bincount"
def unbroadcast(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The slopes of an input of this shape, whose copies have the slopes grad."""
    size = math.prod(shape)
    came_from = np.broadcast_to(np.arange(size).reshape(shape), grad.shape)
    return np.bincount(came_from.ravel(), weights=grad.ravel(), minlength=size).reshape(shape)


# %% right="unbroadcast: a plain loop over all places, lined up at the right ends"
def unbroadcast(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The slopes of an input of this shape, whose copies have the slopes grad."""
    slopes = np.zeros(shape)
    for place in np.ndindex(grad.shape):
        tail = place[len(place) - len(shape) :]
        slopes[tuple(0 if size == 1 else i for i, size in zip(tail, shape, strict=True))] += grad[place]
    return slopes


# %% wrong="unbroadcast: the axes of size 1 are counted before the missing ones are summed away; breaks: lined up at their right ends, seen with (4, 2, 3) to (2, 1)"
def unbroadcast(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The slopes of an input of this shape, whose copies have the slopes grad."""
    for axis, size in enumerate(shape):
        if size == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    return grad


# %% wrong="unbroadcast: either missing axes or stretched ones; breaks: an input that can be broadcast in both ways, seen with (4, 2, 3) to (2, 1)"
def unbroadcast(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The slopes of an input of this shape, whose copies have the slopes grad."""
    if grad.ndim > len(shape):
        grad = grad.sum(axis=tuple(range(grad.ndim - len(shape))))
    else:
        for axis, size in enumerate(shape):
            if size == 1:
                grad = grad.sum(axis=axis, keepdims=True)
    return grad


# %% wrong="unbroadcast: one missing axis at most; breaks: missing axes on the left are put in, seen with (4, 2, 3) to (3,) or (2, 3) to ()"
def unbroadcast(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The slopes of an input of this shape, whose copies have the slopes grad."""
    if grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad


# %% wrong="unbroadcast: only the first axis of size 1 is summed; breaks: in its own shape, seen with (2, 3) to (1, 1)"
def unbroadcast(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The slopes of an input of this shape, whose copies have the slopes grad."""
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    if 1 in shape:
        grad = grad.sum(axis=shape.index(1), keepdims=True)
    return grad


# %% wrong="unbroadcast: axes are recognised by their sizes; breaks: lined up at their right ends, seen with (3, 3) to (3,)"
def unbroadcast(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The slopes of an input of this shape, whose copies have the slopes grad."""
    axes = tuple(axis for axis, size in enumerate(grad.shape) if size not in shape)
    return grad.sum(axis=axes).reshape(shape)


# %% wrong="unbroadcast: adds the rows up in the first row of grad; breaks: it leaves its inputs unchanged, seen in grad after a row of biases"
def unbroadcast(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The slopes of an input of this shape, whose copies have the slopes grad."""
    while grad.ndim > len(shape):
        total = grad[0]
        for row in grad[1:]:
            total += row
        grad = total
    for axis, size in enumerate(shape):
        if size == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad


# %% right="shape_changers: zeros plus a shaped grad, bincount over the places picked, einsum"
def sum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, axis: int | None, keepdims: bool) -> tuple[np.ndarray]:
    """Back through out = x.sum(axis=axis, keepdims=keepdims)."""
    kept = x.sum(axis=axis, keepdims=True).shape
    return (np.zeros(x.shape) + np.reshape(grad, kept),)


def getitem_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, index) -> tuple[np.ndarray]:
    """Back through out = x[index]."""
    places = np.arange(x.size).reshape(x.shape)[index]
    return (np.bincount(np.ravel(places), weights=np.ravel(grad), minlength=x.size).reshape(x.shape),)


def matmul_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x @ y, for matrices (n, k) and (k, m)."""
    return np.einsum("nm,km->nk", grad, y), np.einsum("nk,nm->km", x, grad)


# %% right="shape_changers: repeat along the axis; a loop over the picked places; products of transposes"
def sum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, axis: int | None, keepdims: bool) -> tuple[np.ndarray]:
    """Back through out = x.sum(axis=axis, keepdims=keepdims)."""
    if axis is None:
        return (np.full(x.shape, np.ravel(grad)[0]),)
    column = grad if keepdims else np.expand_dims(grad, axis % x.ndim)
    return (np.repeat(column, x.shape[axis], axis=axis),)


def getitem_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, index) -> tuple[np.ndarray]:
    """Back through out = x[index]."""
    slopes = [0.0] * x.size
    places = np.arange(x.size).reshape(x.shape)[index]
    for place, share in zip(np.ravel(places).tolist(), np.ravel(grad).tolist(), strict=True):
        slopes[place] += share
    return (np.array(slopes).reshape(x.shape),)


def matmul_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x @ y, for matrices (n, k) and (k, m)."""
    return np.dot(y, grad.T).T, np.dot(grad.T, x).T


# %% right="shape_changers: moveaxis for the sum, sums of outer products for the matrices"
def sum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, axis: int | None, keepdims: bool) -> tuple[np.ndarray]:
    """Back through out = x.sum(axis=axis, keepdims=keepdims)."""
    slopes = np.empty(x.shape)
    if axis is None or keepdims:
        slopes[...] = grad
    else:
        np.moveaxis(slopes, axis, 0)[...] = grad
    return (slopes,)


def getitem_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, index) -> tuple[np.ndarray]:
    """Back through out = x[index]."""
    slopes = np.zeros_like(x, dtype=np.float64)
    np.add.at(slopes, index, np.array(grad))
    return tuple([slopes])


def matmul_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x @ y, for matrices (n, k) and (k, m)."""
    to_x = sum(np.outer(grad[:, j], y[:, j]) for j in range(y.shape[1]))
    to_y = sum(np.outer(x[i], grad[i]) for i in range(x.shape[0]))
    return to_x, to_y


# %% wrong="shape_changers: every grad is taken for a column; breaks: axis is a number, seen with axis 0 or three axes"
def sum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, axis: int | None, keepdims: bool) -> tuple[np.ndarray]:
    """Back through out = x.sum(axis=axis, keepdims=keepdims)."""
    if axis is not None and not keepdims:
        grad = grad.reshape(-1, 1)
    return (np.broadcast_to(grad, x.shape).copy(),)


def getitem_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, index) -> tuple[np.ndarray]:
    """Back through out = x[index]."""
    slopes = np.zeros(x.shape)
    np.add.at(slopes, index, grad)
    return (slopes,)


def matmul_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x @ y, for matrices (n, k) and (k, m)."""
    return grad @ y.T, x.T @ grad


# %% wrong="shape_changers: an axis is put in even when it was kept; breaks: keepdims, seen with axis 1 and keepdims True"
def sum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, axis: int | None, keepdims: bool) -> tuple[np.ndarray]:
    """Back through out = x.sum(axis=axis, keepdims=keepdims)."""
    if axis is not None:
        grad = np.expand_dims(grad, axis)
    return (np.broadcast_to(grad, x.shape).copy(),)


def getitem_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, index) -> tuple[np.ndarray]:
    """Back through out = x[index]."""
    slopes = np.zeros(x.shape)
    np.add.at(slopes, index, grad)
    return (slopes,)


def matmul_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x @ y, for matrices (n, k) and (k, m)."""
    return grad @ y.T, x.T @ grad


# %% wrong="shape_changers: the kept shape is cut out with axis + 1, which is 0 for the last axis from the right; breaks: from the right if negative, seen with axis -1"
def sum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, axis: int | None, keepdims: bool) -> tuple[np.ndarray]:
    """Back through out = x.sum(axis=axis, keepdims=keepdims)."""
    if axis is not None and not keepdims:
        grad = grad.reshape(x.shape[:axis] + (1,) + x.shape[axis + 1 :])
    return (np.broadcast_to(grad, x.shape).copy(),)


def getitem_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, index) -> tuple[np.ndarray]:
    """Back through out = x[index]."""
    slopes = np.zeros(x.shape)
    np.add.at(slopes, index, grad)
    return (slopes,)


def matmul_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x @ y, for matrices (n, k) and (k, m)."""
    return grad @ y.T, x.T @ grad


# %% wrong="shape_changers: goes through the index entry by entry; breaks: index is anything that numpy allows, seen with a number, a slice, a mask or a tuple of arrays"
def sum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, axis: int | None, keepdims: bool) -> tuple[np.ndarray]:
    """Back through out = x.sum(axis=axis, keepdims=keepdims)."""
    if axis is not None and not keepdims:
        grad = np.expand_dims(grad, axis)
    return (np.broadcast_to(grad, x.shape).copy(),)


def getitem_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, index) -> tuple[np.ndarray]:
    """Back through out = x[index]."""
    slopes = np.zeros(x.shape)
    for place, share in zip(index, grad, strict=True):
        slopes[place] += share
    return (slopes,)


def matmul_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x @ y, for matrices (n, k) and (k, m)."""
    return grad @ y.T, x.T @ grad


# %% wrong="shape_changers: makes one array of the index; breaks: a tuple of arrays, which becomes a table of rows, and a slice"
def sum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, axis: int | None, keepdims: bool) -> tuple[np.ndarray]:
    """Back through out = x.sum(axis=axis, keepdims=keepdims)."""
    if axis is not None and not keepdims:
        grad = np.expand_dims(grad, axis)
    return (np.broadcast_to(grad, x.shape).copy(),)


def getitem_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, index) -> tuple[np.ndarray]:
    """Back through out = x[index]."""
    slopes = np.zeros(x.shape)
    np.add.at(slopes, np.asarray(index), grad)
    return (slopes,)


def matmul_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x @ y, for matrices (n, k) and (k, m)."""
    return grad @ y.T, x.T @ grad


# %% wrong="shape_changers: the slope of y comes out transposed; breaks: the slopes in the shape of y, seen with matrices that are not square"
def sum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, axis: int | None, keepdims: bool) -> tuple[np.ndarray]:
    """Back through out = x.sum(axis=axis, keepdims=keepdims)."""
    if axis is not None and not keepdims:
        grad = np.expand_dims(grad, axis)
    return (np.broadcast_to(grad, x.shape).copy(),)


def getitem_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, index) -> tuple[np.ndarray]:
    """Back through out = x[index]."""
    slopes = np.zeros(x.shape)
    np.add.at(slopes, index, grad)
    return (slopes,)


def matmul_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x @ y, for matrices (n, k) and (k, m)."""
    return grad @ y.T, grad.T @ x


# %% wrong="shape_changers: the slope of y comes first; breaks: a tuple with one array for each input, in their order"
def sum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, axis: int | None, keepdims: bool) -> tuple[np.ndarray]:
    """Back through out = x.sum(axis=axis, keepdims=keepdims)."""
    if axis is not None and not keepdims:
        grad = np.expand_dims(grad, axis)
    return (np.broadcast_to(grad, x.shape).copy(),)


def getitem_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, index) -> tuple[np.ndarray]:
    """Back through out = x[index]."""
    slopes = np.zeros(x.shape)
    np.add.at(slopes, index, grad)
    return (slopes,)


def matmul_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x @ y, for matrices (n, k) and (k, m)."""
    return x.T @ grad, grad @ y.T


# %% right="two_layers: other letters, the factors in the other order, sums by einsum"
def softmax_loss(scores: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """The mean negative logarithm of the right classes' chances, and its slopes with respect to the scores (n, o)."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))  # the same chances, and no power is too large
    chances = powers / np.einsum("ij->i", powers)[:, None]
    rows = np.arange(len(labels))
    loss = -np.log(chances[rows, labels]).mean()
    delta = chances.copy()
    delta[rows, labels] -= 1
    return loss, 1 / len(labels) * delta


def two_layers(x, labels, w1, b1, w2, b2) -> tuple[float, tuple[np.ndarray, ...]]:
    """The loss of the network, and its slopes with respect to w1, b1, w2 and b2."""
    before = x @ w1 + b1
    hidden = np.maximum(before, 0)
    loss, delta2 = softmax_loss(hidden @ w2 + b2, labels)
    grad_w2 = np.einsum("ab,ac->bc", hidden, delta2)
    grad_b2 = delta2.sum(axis=0)
    delta1 = np.einsum("ij,kj->ik", delta2, w2) * np.where(before > 0, 1.0, 0.0)
    grad_w1 = np.einsum("nh,nd->dh", delta1, x)
    grad_b1 = np.einsum("nh->h", delta1)
    return loss, (grad_w1, grad_b1, grad_w2, grad_b2)


# %% right="two_layers: take_along_axis, lists as places, the sign of the hidden values"
def softmax_loss(scores: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """The mean negative logarithm of the right classes' chances, and its slopes with respect to the scores (n, o)."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))  # the same chances, and no power is too large
    chances = powers / (powers @ np.ones((powers.shape[1], 1)))
    rows = np.arange(len(labels))
    loss = -np.log(np.take_along_axis(chances, labels[:, None], axis=1)).mean()
    delta = chances.copy()
    delta[rows.tolist(), labels.tolist()] -= 1.0
    return loss, 1 / scores.shape[0] * delta


def two_layers(x, labels, w1, b1, w2, b2) -> tuple[float, tuple[np.ndarray, ...]]:
    """The loss of the network, and its slopes with respect to w1, b1, w2 and b2."""
    before = x @ w1 + b1
    hidden = np.maximum(before, 0)
    loss, delta2 = softmax_loss(hidden @ w2 + b2, labels)
    grad_w2 = np.einsum("nh,no->ho", hidden, delta2)
    grad_b2 = delta2.sum(axis=0)
    delta1 = np.einsum("no,ho->nh", delta2, w2) * (np.sign(hidden))
    grad_w1 = np.einsum("nd,nh->dh", x, delta1)
    grad_b1 = np.ones(len(x)) @ delta1
    return loss, (grad_w1, grad_b1, grad_w2, grad_b2)


# %% right="two_layers: a one-hot table subtracts the truth"
def softmax_loss(scores: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """The mean negative logarithm of the right classes' chances, and its slopes with respect to the scores (n, o)."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))  # the same chances, and no power is too large
    chances = powers / np.add.reduce(powers, axis=-1).reshape(-1, 1)
    rows = np.arange(len(labels))
    loss = -np.log(np.array([row[label] for row, label in zip(chances, labels, strict=True)])).mean()
    delta = chances.copy()
    delta[:] -= np.eye(scores.shape[1])[labels]
    return loss, 1 / np.float64(rows.size) * delta


def two_layers(x, labels, w1, b1, w2, b2) -> tuple[float, tuple[np.ndarray, ...]]:
    """The loss of the network, and its slopes with respect to w1, b1, w2 and b2."""
    before = x @ w1 + b1
    hidden = np.maximum(before, 0)
    loss, delta2 = softmax_loss(hidden @ w2 + b2, labels)
    grad_w2 = np.einsum("nh,no->ho", hidden, delta2)
    grad_b2 = delta2.sum(axis=0)
    delta1 = np.einsum("no,ho->nh", delta2, w2) * (hidden != 0)
    grad_w1 = np.einsum("nd,nh->dh", x, delta1)
    grad_b1 = sum(delta1)
    return loss, (grad_w1, grad_b1, grad_w2, grad_b2)


# %% wrong="two_layers: chances of all rows together add up to 1; breaks: the chances of a row, seen with two rows"
def softmax_loss(scores: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """The mean negative logarithm of the right classes' chances, and its slopes with respect to the scores (n, o)."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))  # the same chances, and no power is too large
    chances = powers / powers.sum()
    rows = np.arange(len(labels))
    loss = -np.log(chances[rows, labels]).mean()
    delta = chances.copy()
    delta[rows, labels] -= 1
    return loss, 1 / len(labels) * delta


def two_layers(x, labels, w1, b1, w2, b2) -> tuple[float, tuple[np.ndarray, ...]]:
    """The loss of the network, and its slopes with respect to w1, b1, w2 and b2."""
    before = x @ w1 + b1
    hidden = np.maximum(before, 0)
    loss, delta2 = softmax_loss(hidden @ w2 + b2, labels)
    grad_w2 = np.einsum("nh,no->ho", hidden, delta2)
    grad_b2 = delta2.sum(axis=0)
    delta1 = np.einsum("no,ho->nh", delta2, w2) * (before > 0)
    grad_w1 = np.einsum("nd,nh->dh", x, delta1)
    grad_b1 = delta1.sum(axis=0)
    return loss, (grad_w1, grad_b1, grad_w2, grad_b2)


# %% wrong="two_layers: subtracts the truth of every row from all rows; breaks: the chances minus the truth, seen with two rows of different labels"
def softmax_loss(scores: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """The mean negative logarithm of the right classes' chances, and its slopes with respect to the scores (n, o)."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))  # the same chances, and no power is too large
    chances = powers / powers.sum(axis=1, keepdims=True)
    rows = np.arange(len(labels))
    loss = -np.log(chances[rows, labels]).mean()
    delta = chances.copy()
    delta[:, labels] -= 1
    return loss, 1 / len(labels) * delta


def two_layers(x, labels, w1, b1, w2, b2) -> tuple[float, tuple[np.ndarray, ...]]:
    """The loss of the network, and its slopes with respect to w1, b1, w2 and b2."""
    before = x @ w1 + b1
    hidden = np.maximum(before, 0)
    loss, delta2 = softmax_loss(hidden @ w2 + b2, labels)
    grad_w2 = np.einsum("nh,no->ho", hidden, delta2)
    grad_b2 = delta2.sum(axis=0)
    delta1 = np.einsum("no,ho->nh", delta2, w2) * (before > 0)
    grad_w1 = np.einsum("nd,nh->dh", x, delta1)
    grad_b1 = delta1.sum(axis=0)
    return loss, (grad_w1, grad_b1, grad_w2, grad_b2)


# %% wrong="two_layers: the loss looks up all labels in all rows; breaks: the right classes' chances, seen with two rows of different labels"
def softmax_loss(scores: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """The mean negative logarithm of the right classes' chances, and its slopes with respect to the scores (n, o)."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))  # the same chances, and no power is too large
    chances = powers / powers.sum(axis=1, keepdims=True)
    rows = np.arange(len(labels))
    loss = -np.log(chances[:, labels]).mean()
    delta = chances.copy()
    delta[rows, labels] -= 1
    return loss, 1 / len(labels) * delta


def two_layers(x, labels, w1, b1, w2, b2) -> tuple[float, tuple[np.ndarray, ...]]:
    """The loss of the network, and its slopes with respect to w1, b1, w2 and b2."""
    before = x @ w1 + b1
    hidden = np.maximum(before, 0)
    loss, delta2 = softmax_loss(hidden @ w2 + b2, labels)
    grad_w2 = np.einsum("nh,no->ho", hidden, delta2)
    grad_b2 = delta2.sum(axis=0)
    delta1 = np.einsum("no,ho->nh", delta2, w2) * (before > 0)
    grad_w1 = np.einsum("nd,nh->dh", x, delta1)
    grad_b1 = delta1.sum(axis=0)
    return loss, (grad_w1, grad_b1, grad_w2, grad_b2)


# %% wrong="two_layers: the slopes of the sum, the division by n is 1; breaks: the slopes of the mean, seen with two rows"
def softmax_loss(scores: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """The mean negative logarithm of the right classes' chances, and its slopes with respect to the scores (n, o)."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))  # the same chances, and no power is too large
    chances = powers / powers.sum(axis=1, keepdims=True)
    rows = np.arange(len(labels))
    loss = -np.log(chances[rows, labels]).mean()
    delta = chances.copy()
    delta[rows, labels] -= 1
    return loss, 1 / 1 * delta


def two_layers(x, labels, w1, b1, w2, b2) -> tuple[float, tuple[np.ndarray, ...]]:
    """The loss of the network, and its slopes with respect to w1, b1, w2 and b2."""
    before = x @ w1 + b1
    hidden = np.maximum(before, 0)
    loss, delta2 = softmax_loss(hidden @ w2 + b2, labels)
    grad_w2 = np.einsum("nh,no->ho", hidden, delta2)
    grad_b2 = delta2.sum(axis=0)
    delta1 = np.einsum("no,ho->nh", delta2, w2) * (before > 0)
    grad_w1 = np.einsum("nd,nh->dh", x, delta1)
    grad_b1 = delta1.sum(axis=0)
    return loss, (grad_w1, grad_b1, grad_w2, grad_b2)


# %% wrong="two_layers: the ReLU lets slopes through at exactly 0; breaks: [before > 0], seen with rows of zeros and biases of zero"
def softmax_loss(scores: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """The mean negative logarithm of the right classes' chances, and its slopes with respect to the scores (n, o)."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))  # the same chances, and no power is too large
    chances = powers / powers.sum(axis=1, keepdims=True)
    rows = np.arange(len(labels))
    loss = -np.log(chances[rows, labels]).mean()
    delta = chances.copy()
    delta[rows, labels] -= 1
    return loss, 1 / len(labels) * delta


def two_layers(x, labels, w1, b1, w2, b2) -> tuple[float, tuple[np.ndarray, ...]]:
    """The loss of the network, and its slopes with respect to w1, b1, w2 and b2."""
    before = x @ w1 + b1
    hidden = np.maximum(before, 0)
    loss, delta2 = softmax_loss(hidden @ w2 + b2, labels)
    grad_w2 = np.einsum("nh,no->ho", hidden, delta2)
    grad_b2 = delta2.sum(axis=0)
    delta1 = np.einsum("no,ho->nh", delta2, w2) * (before >= 0)
    grad_w1 = np.einsum("nd,nh->dh", x, delta1)
    grad_b1 = delta1.sum(axis=0)
    return loss, (grad_w1, grad_b1, grad_w2, grad_b2)


# %% wrong="two_layers: multiplies by the hidden values and not by the mask; breaks: [before > 0], the slope of ReLU is 1"
def softmax_loss(scores: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """The mean negative logarithm of the right classes' chances, and its slopes with respect to the scores (n, o)."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))  # the same chances, and no power is too large
    chances = powers / powers.sum(axis=1, keepdims=True)
    rows = np.arange(len(labels))
    loss = -np.log(chances[rows, labels]).mean()
    delta = chances.copy()
    delta[rows, labels] -= 1
    return loss, 1 / len(labels) * delta


def two_layers(x, labels, w1, b1, w2, b2) -> tuple[float, tuple[np.ndarray, ...]]:
    """The loss of the network, and its slopes with respect to w1, b1, w2 and b2."""
    before = x @ w1 + b1
    hidden = np.maximum(before, 0)
    loss, delta2 = softmax_loss(hidden @ w2 + b2, labels)
    grad_w2 = np.einsum("nh,no->ho", hidden, delta2)
    grad_b2 = delta2.sum(axis=0)
    delta1 = np.einsum("no,ho->nh", delta2, w2) * (hidden)
    grad_w1 = np.einsum("nd,nh->dh", x, delta1)
    grad_b1 = delta1.sum(axis=0)
    return loss, (grad_w1, grad_b1, grad_w2, grad_b2)


# %% wrong="two_layers: the slopes of b1 keep an axis; breaks: the slopes with respect to b1, which is (h,)"
def softmax_loss(scores: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """The mean negative logarithm of the right classes' chances, and its slopes with respect to the scores (n, o)."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))  # the same chances, and no power is too large
    chances = powers / powers.sum(axis=1, keepdims=True)
    rows = np.arange(len(labels))
    loss = -np.log(chances[rows, labels]).mean()
    delta = chances.copy()
    delta[rows, labels] -= 1
    return loss, 1 / len(labels) * delta


def two_layers(x, labels, w1, b1, w2, b2) -> tuple[float, tuple[np.ndarray, ...]]:
    """The loss of the network, and its slopes with respect to w1, b1, w2 and b2."""
    before = x @ w1 + b1
    hidden = np.maximum(before, 0)
    loss, delta2 = softmax_loss(hidden @ w2 + b2, labels)
    grad_w2 = np.einsum("nh,no->ho", hidden, delta2)
    grad_b2 = delta2.sum(axis=0)
    delta1 = np.einsum("no,ho->nh", delta2, w2) * (before > 0)
    grad_w1 = np.einsum("nd,nh->dh", x, delta1)
    grad_b1 = delta1.sum(axis=0, keepdims=True)
    return loss, (grad_w1, grad_b1, grad_w2, grad_b2)


# %% right="in_order: a stack of iterators, one for each node that is open"
def in_order(end, parents_of) -> list:
    """All nodes that end was made from, and end itself, each after its parents."""
    order, met = [], {end}
    path = [(end, iter(parents_of(end)))]
    while path:
        node, waiting = path[-1]
        for parent in waiting:
            if parent not in met:
                met.add(parent)
                path.append((parent, iter(parents_of(parent))))
                break
        else:
            order.append(node)
            path.pop()
    return order


# %% right="in_order: graphlib from the standard library sorts what was collected"
def in_order(end, parents_of) -> list:
    """All nodes that end was made from, and end itself, each after its parents."""
    import graphlib

    graph, waiting = {}, [end]
    while waiting:
        node = waiting.pop()
        if node not in graph:
            graph[node] = tuple(parents_of(node))
            waiting += graph[node]
    return list(graphlib.TopologicalSorter(graph).static_order())


# %% right="in_order: counts how many parents are missing, and starts with those that miss none"
def in_order(end, parents_of) -> list:
    """All nodes that end was made from, and end itself, each after its parents."""
    from collections import deque

    parents, waiting = {}, deque([end])
    while waiting:
        node = waiting.popleft()
        if node in parents:
            continue
        parents[node] = set(parents_of(node))
        waiting.extend(parents[node])
    children = {node: [] for node in parents}
    for node, above in parents.items():
        for parent in above:
            children[parent].append(node)
    missing = {node: len(above) for node, above in parents.items()}
    ready = [node for node, count in missing.items() if count == 0]
    for node in ready:
        for child in children[node]:
            missing[child] -= 1
            if missing[child] == 0:
                ready.append(child)
    return ready


# %% wrong="in_order: calls itself; breaks: computations may be long, 5,000 steps in a row"
def in_order(end, parents_of) -> list:
    """All nodes that end was made from, and end itself, each after its parents."""
    order, seen = [], set()

    def visit(node):
        if node in seen:
            return
        seen.add(node)
        for parent in parents_of(node):
            visit(parent)
        order.append(node)

    visit(end)
    return order


# %% wrong="in_order: walks every path on its own and drops the repetitions at the end; breaks: more paths than atoms in the universe, seen with a chain of squares"
def in_order(end, parents_of) -> list:
    """All nodes that end was made from, and end itself, each after its parents."""
    steps, stack = [], [end]
    while stack:
        node = stack.pop()
        steps.append(node)
        stack.extend(parents_of(node))
    return list(dict.fromkeys(reversed(steps)))


# %% wrong="in_order: a parent that already waits on the list is not put on top of it; breaks: each after all of its parents, seen with parents c, a in place of a, c"
def in_order(end, parents_of) -> list:
    """All nodes that end was made from, and end itself, each after its parents."""
    order, seen, stack = [], {end}, [(end, False)]
    while stack:
        node, ready = stack.pop()
        if ready:
            order.append(node)
            continue
        stack.append((node, True))
        for parent in reversed(parents_of(node)):
            if parent not in seen:
                seen.add(parent)
                stack.append((parent, False))
    return order


# %% wrong="in_order: counts a parent twice if it is given twice, and crosses it off once; breaks: end itself as the last one, seen with x times x"
def in_order(end, parents_of) -> list:
    """All nodes that end was made from, and end itself, each after its parents."""
    parents, waiting = {}, [end]
    while waiting:
        node = waiting.pop()
        if node not in parents:
            parents[node] = list(parents_of(node))
            waiting.extend(parents[node])
    missing = {node: len(above) for node, above in parents.items()}
    children = {node: set() for node in parents}
    for node, above in parents.items():
        for parent in above:
            children[parent].add(node)
    ready = [node for node, count in missing.items() if count == 0]
    for node in ready:
        for child in children[node]:
            missing[child] -= 1
            if missing[child] == 0:
                ready.append(child)
    return ready


# %% wrong="in_order: an end without parents gives an empty list; breaks: end itself as the last one, any size (nothing before it)"
def in_order(end, parents_of) -> list:
    """All nodes that end was made from, and end itself, each after its parents."""
    if not parents_of(end):
        return []
    done, stack = {}, [(end, False)]
    while stack:
        node, ready = stack.pop()
        if node in done:
            continue
        if ready:
            done[node] = None
            continue
        stack.append((node, True))
        stack.extend((parent, False) for parent in parents_of(node) if parent not in done)
    return list(done)


# %% right="backprop: shares are collected in lists and added when the node is reached"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    from collections import defaultdict

    shares = defaultdict(list)
    shares[end].append(np.ones_like(end.array, dtype=np.float64))
    for node in order[::-1]:
        if not shares[node] or not node.requires_grad:
            continue
        slope = np.sum(np.stack(shares.pop(node)), axis=0).reshape(node.array.shape)
        if node.recipe:
            inputs = (parent.array for parent in node.recipe.parents)
            given = back[node.recipe.name](slope, node.array, *inputs, **node.recipe.options)
            for parent, share in zip(node.recipe.parents, given, strict=True):
                shares[parent].append(share)
        else:
            node.grad = np.array(slope if node.grad is None else np.add(node.grad, slope))


# %% right="backprop: a generator hands out the shares; slopes are kept by the place in the order, leaves are written at the end"
def shares_of(node, slope, back):
    recipe = node.recipe
    if recipe is not None:
        found = back[recipe.name](slope, node.array, *(one.array for one in recipe.parents), **recipe.options)
        yield from zip(recipe.parents, found, strict=True)


def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    place = {id(node): number for number, node in enumerate(order)}
    slopes = [None] * len(order)
    slopes[place[id(end)]] = np.full(np.shape(end.array), 1.0)
    for number in range(len(order) - 1, -1, -1):
        if slopes[number] is None:
            continue
        for parent, share in shares_of(order[number], slopes[number], back):
            if parent.requires_grad:
                old = slopes[place[id(parent)]]
                slopes[place[id(parent)]] = np.array(share) if old is None else old + share
    for node, slope in zip(order, slopes, strict=True):
        if slope is not None and node.recipe is None and node.requires_grad:
            before = 0.0 if node.grad is None else node.grad
            node.grad = np.asarray(before + slope).reshape(node.array.shape)


# %% right="backprop: zeros for everybody at the start, whose own sums are added to in place"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    sums = {node: np.zeros(node.array.shape) for node in order}
    reached = {end}
    sums[end][...] = 1.0
    for node in reversed(order):
        if node not in reached or not node.recipe:
            continue
        arrays = [parent.array for parent in node.recipe.parents]
        shares = back[node.recipe.name](sums[node].copy(), node.array, *arrays, **node.recipe.options)
        for parent, share in zip(node.recipe.parents, shares, strict=True):
            sums[parent][...] += share
            reached.add(parent)
    for leaf in reached:
        if leaf.requires_grad and not leaf.recipe:
            leaf.grad = sums[leaf] if leaf.grad is None else leaf.grad + sums[leaf]


# %% wrong="backprop: the old slope of a leaf is overwritten; breaks: add the slope to .grad, seen with two walks back"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    slopes = {id(end): np.ones(end.array.shape)}
    for node in reversed(order):
        slope = slopes.get(id(node))
        if slope is None or not node.requires_grad:
            continue
        if node.recipe is None:
            node.grad = slope.copy()
            continue
        name, parents, options = node.recipe
        shares = back[name](slope, node.array, *[parent.array for parent in parents], **options)
        for parent, share in zip(parents, shares, strict=True):
            slopes[id(parent)] = slopes[id(parent)] + share if id(parent) in slopes else share


# %% wrong="backprop: adds to the old .grad in place; breaks: no array that somebody else may be holding, an old .grad, is changed in place"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    slopes = {id(end): np.ones(end.array.shape)}
    for node in reversed(order):
        slope = slopes.get(id(node))
        if slope is None or not node.requires_grad:
            continue
        if node.recipe is None:
            if node.grad is None:
                node.grad = np.zeros(node.array.shape)
            node.grad += slope
            continue
        name, parents, options = node.recipe
        shares = back[name](slope, node.array, *[parent.array for parent in parents], **options)
        for parent, share in zip(parents, shares, strict=True):
            slopes[id(parent)] = slopes[id(parent)] + share if id(parent) in slopes else share


# %% wrong="backprop: every tensor on the way gets a .grad; breaks: nothing else gets a .grad"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    slopes = {id(end): np.ones(end.array.shape)}
    for node in reversed(order):
        slope = slopes.get(id(node))
        if slope is None or not node.requires_grad:
            continue
        node.grad = slope.copy() if node.grad is None else node.grad + slope
        if node.recipe is None:
            continue
        name, parents, options = node.recipe
        shares = back[name](slope, node.array, *[parent.array for parent in parents], **options)
        for parent, share in zip(parents, shares, strict=True):
            slopes[id(parent)] = slopes[id(parent)] + share if id(parent) in slopes else share


# %% wrong="backprop: the options of the recipe are left out; breaks: after the parents' arrays a function takes the recipe's options by name, seen with a sum"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    slopes = {id(end): np.ones(end.array.shape)}
    for node in reversed(order):
        slope = slopes.get(id(node))
        if slope is None or not node.requires_grad:
            continue
        if node.recipe is None:
            node.grad = slope.copy() if node.grad is None else node.grad + slope
            continue
        name, parents, options = node.recipe
        shares = back[name](slope, node.array, *[parent.array for parent in parents])
        for parent, share in zip(parents, shares, strict=True):
            slopes[id(parent)] = slopes[id(parent)] + share if id(parent) in slopes else share


# %% wrong="backprop: hands the array of the end over in place of the node's own; breaks: back gets out, the result of that step, seen with tanh in the middle"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    slopes = {id(end): np.ones(end.array.shape)}
    for node in reversed(order):
        slope = slopes.get(id(node))
        if slope is None or not node.requires_grad:
            continue
        if node.recipe is None:
            node.grad = slope.copy() if node.grad is None else node.grad + slope
            continue
        name, parents, options = node.recipe
        shares = back[name](slope, end.array, *[parent.array for parent in parents], **options)
        for parent, share in zip(parents, shares, strict=True):
            slopes[id(parent)] = slopes[id(parent)] + share if id(parent) in slopes else share


# %% wrong="backprop: shares of one recipe are added, but a later recipe overwrites what an earlier one gave; breaks: a tensor may get its slope in several shares, seen with x * y + x"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    slopes = {id(end): np.ones(end.array.shape)}
    for node in reversed(order):
        slope = slopes.get(id(node))
        if slope is None or not node.requires_grad:
            continue
        if node.recipe is None:
            node.grad = slope.copy() if node.grad is None else node.grad + slope
            continue
        name, parents, options = node.recipe
        shares = back[name](slope, node.array, *[parent.array for parent in parents], **options)
        own = {}
        for parent, share in zip(parents, shares, strict=True):
            own[id(parent)] = own[id(parent)] + share if id(parent) in own else share
        slopes.update(own)


# %% right="fit_line: the slopes from paper, no diary at all"
def fit_line(x: torch.Tensor, y: torch.Tensor, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features,) and bias () of the line after so many steps from zeros."""
    w, b = x.new_zeros(x.shape[1]), x.new_zeros(())
    for _ in range(steps):
        error = x @ w + b - y
        w, b = w - lr * 2 * (x.T @ error) / len(y), b - lr * 2 * error.mean()
    return w, b


# %% right="fit_line: an optimiser and a ready-made loss on flat predictions"
def fit_line(x: torch.Tensor, y: torch.Tensor, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features,) and bias () of the line after so many steps from zeros."""
    w = torch.zeros(x.shape[1], dtype=x.dtype, requires_grad=True)
    b = torch.zeros((), dtype=x.dtype, requires_grad=True)
    optimiser = torch.optim.SGD(params=[w, b], lr=lr)
    for _ in range(steps):
        optimiser.zero_grad()
        F.mse_loss(torch.mv(x, w) + b, y).backward()
        optimiser.step()
    return w.detach(), b.detach()


# %% right="fit_line: float64 numpy inside, with a column of ones for the bias"
def fit_line(x: torch.Tensor, y: torch.Tensor, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features,) and bias () of the line after so many steps from zeros."""
    table = np.column_stack([x.numpy().astype(np.float64), np.ones(len(x))])
    answers, both = y.numpy().astype(np.float64), np.zeros(x.shape[1] + 1)
    for _ in range(steps):
        both = both - lr * 2 / len(table) * table.T @ (table @ both - answers)
    found = torch.tensor(both, dtype=x.dtype)
    return found[:-1].clone(), found[-1].clone()


# %% wrong="fit_line: the sum in place of the mean; breaks: each step is the one that gradient descent takes on the mean squared error"
def fit_line(x: torch.Tensor, y: torch.Tensor, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features,) and bias () of the line after so many steps from zeros."""
    w = torch.zeros(x.shape[1], 1, dtype=x.dtype, requires_grad=True)
    b = torch.zeros((), dtype=x.dtype, requires_grad=True)
    for _ in range(steps):
        loss = ((x @ w + b - y[:, None]) ** 2).sum()
        loss.backward()
        with torch.no_grad():
            for parameter in (w, b):
                parameter -= lr * parameter.grad
                parameter.grad = None
    return w.detach().flatten(), b.detach()


# %% wrong="fit_line: half the mean squared error; breaks: each step is the one on the mean squared error, seen after one step"
def fit_line(x: torch.Tensor, y: torch.Tensor, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features,) and bias () of the line after so many steps from zeros."""
    w = torch.zeros(x.shape[1], 1, dtype=x.dtype, requires_grad=True)
    b = torch.zeros((), dtype=x.dtype, requires_grad=True)
    for _ in range(steps):
        loss = 0.5 * ((x @ w + b - y[:, None]) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            for parameter in (w, b):
                parameter -= lr * parameter.grad
                parameter.grad = None
    return w.detach().flatten(), b.detach()


# %% wrong="fit_line: y gets its new axis in place; breaks: it leaves its inputs unchanged, y is (n, 1) afterwards"
def fit_line(x: torch.Tensor, y: torch.Tensor, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features,) and bias () of the line after so many steps from zeros."""
    w = torch.zeros(x.shape[1], 1, dtype=x.dtype, requires_grad=True)
    b = torch.zeros((), dtype=x.dtype, requires_grad=True)
    y.unsqueeze_(1)
    for _ in range(steps):
        loss = ((x @ w + b - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            for parameter in (w, b):
                parameter -= lr * parameter.grad
                parameter.grad = None
    return w.detach().flatten(), b.detach()


# %% wrong="fit_line: the zeros have the default type; breaks: it accepts float64"
def fit_line(x: torch.Tensor, y: torch.Tensor, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features,) and bias () of the line after so many steps from zeros."""
    w = torch.zeros(x.shape[1], 1, requires_grad=True)
    b = torch.zeros((), requires_grad=True)
    for _ in range(steps):
        loss = ((x @ w + b - y[:, None]) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            for parameter in (w, b):
                parameter -= lr * parameter.grad
                parameter.grad = None
    return w.detach().flatten(), b.detach()


# %% wrong="fit_line: solves for the best line at once and ignores lr and steps; breaks: after so many steps, seen with one step"
def fit_line(x: torch.Tensor, y: torch.Tensor, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features,) and bias () of the line after so many steps from zeros."""
    table = torch.cat([x, torch.ones(len(x), 1, dtype=x.dtype)], dim=1)
    best = torch.linalg.lstsq(table, y[:, None]).solution.flatten()
    return best[:-1], best[-1]


# %% wrong="fit_line: starts from small random weights; breaks: zeros are a good start, keep it, seen after one step"
def fit_line(x: torch.Tensor, y: torch.Tensor, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features,) and bias () of the line after so many steps from zeros."""
    w = (0.01 * torch.randn(x.shape[1], 1, dtype=x.dtype)).requires_grad_()
    b = torch.zeros((), dtype=x.dtype, requires_grad=True)
    for _ in range(steps):
        loss = ((x @ w + b - y[:, None]) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            for parameter in (w, b):
                parameter -= lr * parameter.grad
                parameter.grad = None
    return w.detach().flatten(), b.detach()


# %% wrong="fit_line: the bias comes back as a plain number; breaks: it returns tensors, not plain numbers"
def fit_line(x: torch.Tensor, y: torch.Tensor, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features,) and bias () of the line after so many steps from zeros."""
    w = torch.zeros(x.shape[1], 1, dtype=x.dtype, requires_grad=True)
    b = torch.zeros((), dtype=x.dtype, requires_grad=True)
    for _ in range(steps):
        loss = ((x @ w + b - y[:, None]) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            for parameter in (w, b):
                parameter -= lr * parameter.grad
                parameter.grad = None
    return w.detach().flatten(), b.item()


# %% wrong="both_ways: the point is dealt out in the order of the alphabet; breaks: the Jacobian at a point, seen with the names y x"
def both_ways(formulas: list[str], names: str, point: list[float]) -> tuple[torch.Tensor, torch.Tensor]:
    """The Jacobian of the formulas at a point, by algebra and by torch, in float64."""
    symbols = sympy.symbols(names, seq=True)
    table = sympy.Matrix([sympy.sympify(formula) for formula in formulas])
    exact = table.jacobian(symbols)
    there = exact.subs(dict(zip(sorted(symbols, key=str), point, strict=True)))
    f = sympy.lambdify(symbols, list(table), modules=[torch])
    x = torch.tensor(point, dtype=torch.float64)
    by_torch = torch.autograd.functional.jacobian(lambda v: torch.stack(f(*v)), x)
    return torch.tensor(np.array(there.tolist(), dtype=float)), by_torch


# %% wrong="both_ways: columns only for the letters that the formulas contain; breaks: the Jacobian with respect to the names, seen with a name that no formula uses, or names out of order"
def both_ways(formulas: list[str], names: str, point: list[float]) -> tuple[torch.Tensor, torch.Tensor]:
    """The Jacobian of the formulas at a point, by algebra and by torch, in float64."""
    symbols = sympy.symbols(names, seq=True)
    table = sympy.Matrix([sympy.sympify(formula) for formula in formulas])
    exact = table.jacobian(sorted(table.free_symbols, key=str))
    there = exact.subs(dict(zip(symbols, point, strict=True)))
    f = sympy.lambdify(symbols, list(table), modules=[torch])
    x = torch.tensor(point, dtype=torch.float64)
    by_torch = torch.autograd.functional.jacobian(lambda v: torch.stack(f(*v)), x)
    return torch.tensor(np.array(there.tolist(), dtype=float)), by_torch


# %% wrong="both_ways: torch works in float32; breaks: in float64"
def both_ways(formulas: list[str], names: str, point: list[float]) -> tuple[torch.Tensor, torch.Tensor]:
    """The Jacobian of the formulas at a point, by algebra and by torch, in float64."""
    symbols = sympy.symbols(names, seq=True)
    table = sympy.Matrix([sympy.sympify(formula) for formula in formulas])
    exact = table.jacobian(symbols)
    there = exact.subs(dict(zip(symbols, point, strict=True)))
    f = sympy.lambdify(symbols, list(table), modules=[torch])
    x = torch.tensor(point, dtype=torch.float64)
    by_torch = torch.autograd.functional.jacobian(lambda v: torch.stack(f(*v)), x.float())
    return torch.tensor(np.array(there.tolist(), dtype=float)), by_torch


# %% wrong="in_pieces: adds the losses up and walks back once at the end; breaks: walk back after each piece, so that only one piece is in memory"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""
    total = 0.0
    for first in range(0, len(x), size):
        xb, yb = x[first : first + size], y[first : first + size]
        total = total + loss_of(w, xb, yb) * len(xb) / len(x)
    total.backward()
    return total.item()


# %% wrong="elementwise: near-ties are halved as well; breaks: sends the whole slope to whoever was larger, seen with 1 and 1 + 1e-9"
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
    share = np.where(np.isclose(x, y), 0.5, x > y)
    return share * grad, (1 - share) * grad


# %% wrong="in_order: a node that is falsy counts as none; breaks: everything that end was made from, nodes can be keys of a dict, seen with a node 0"
def in_order(end, parents_of) -> list:
    """All nodes that end was made from, and end itself, each after its parents."""
    done, stack = {}, [(end, False)]
    while stack:
        node, ready = stack.pop()
        if node in done:
            continue
        if ready:
            done[node] = None
            continue
        stack.append((node, True))
        stack.extend((parent, False) for parent in parents_of(node) if parent and parent not in done)
    return list(done)


# %% wrong="in_order: empties the lists that parents_of gives; breaks: it leaves its inputs unchanged, seen when parents_of gives the node's own list"
def in_order(end, parents_of) -> list:
    """All nodes that end was made from, and end itself, each after its parents."""
    done, stack, opened = {}, [end], set()
    while stack:
        node = stack[-1]
        if node in opened:
            stack.pop()
            done.setdefault(node)
            continue
        opened.add(node)
        parents = parents_of(node)
        while parents:
            parent = parents.pop()
            if parent not in opened:
                stack.append(parent)
    return list(done)


# %% wrong="backprop: adds up in place in arrays that came from the table, which may be one array for both parents; breaks: the slope of every leaf, seen with (x + y) where y is also used elsewhere"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    slopes = {id(end): np.ones(end.array.shape)}
    for node in reversed(order):
        slope = slopes.get(id(node))
        if slope is None or not node.requires_grad:
            continue
        if node.recipe is None:
            node.grad = slope.copy() if node.grad is None else node.grad + slope
            continue
        name, parents, options = node.recipe
        shares = back[name](slope, node.array, *[parent.array for parent in parents], **options)
        for parent, share in zip(parents, shares, strict=True):
            if id(parent) in slopes:
                slopes[id(parent)] += share
            else:
                slopes[id(parent)] = np.asarray(share)
