# Answers as somebody would write who has read only the released notebook: what `course audit` grades and counts apart.
# No student sees them.

# %% right="differences: straight from the formulas"
def differences(f, x: float, h: float) -> tuple[float, float, float]:
    forward = (f(x + h) - f(x)) / h
    central = (f(x + h) - f(x - h)) / (2 * h)
    second = (f(x + h) - 2 * f(x) + f(x - h)) / (h * h)
    return forward, central, second


# %% right="differences: one list of values"
def differences(f, x, h):
    below, here, above = [f(x + step) for step in (-h, 0, h)]
    return (above - here) / h, 0.5 * (above - below) / h, ((above - here) - (here - below)) / h**2


# %% right="differences: a lambda for the slope between two places"
def differences(f, x, h):
    slope = lambda a, b: (f(b) - f(a)) / (b - a)
    second = (slope(x, x + h) - slope(x - h, x)) / h
    return slope(x, x + h), slope(x - h, x + h), second


# %% wrong="differences: half of the central difference; breaks: divide by 2h once"
def differences(f, x: float, h: float) -> tuple[float, float, float]:
    """The forward difference, the central one, and the second derivative of f at x, with steps of length h."""
    forward = (f(x + h) - f(x)) / h
    central = (f(x + h) - f(x - h)) / (4 * h)
    second = (f(x + h) - 2 * f(x) + f(x - h)) / h**2
    return forward, central, second


# %% wrong="differences: central difference with half a step; breaks: f(x + h) and f(x - h)"
def differences(f, x: float, h: float) -> tuple[float, float, float]:
    """The forward difference, the central one, and the second derivative of f at x, with steps of length h."""
    forward = (f(x + h) - f(x)) / h
    central = (f(x + h / 2) - f(x - h / 2)) / h
    second = (f(x + h) - 2 * f(x) + f(x - h)) / h**2
    return forward, central, second


# %% wrong="differences: second derivative from two steps forward; breaks: f(x + h) - 2 f(x) + f(x - h)"
def differences(f, x: float, h: float) -> tuple[float, float, float]:
    """The forward difference, the central one, and the second derivative of f at x, with steps of length h."""
    forward = (f(x + h) - f(x)) / h
    central = (f(x + h) - f(x - h)) / (2 * h)
    second = (f(x + 2 * h) - 2 * f(x + h) + f(x)) / h**2
    return forward, central, second


# %% wrong="differences: returned in another order; breaks: forward, central, second"
def differences(f, x: float, h: float) -> tuple[float, float, float]:
    """The forward difference, the central one, and the second derivative of f at x, with steps of length h."""
    forward = (f(x + h) - f(x)) / h
    central = (f(x + h) - f(x - h)) / (2 * h)
    second = (f(x + h) - 2 * f(x) + f(x - h)) / h**2
    return central, forward, second


# %% wrong="differences: rounded to six places; breaks: slopes of any polynomial"
def differences(f, x: float, h: float) -> tuple[float, float, float]:
    """The forward difference, the central one, and the second derivative of f at x, with steps of length h."""
    forward = (f(x + h) - f(x)) / h
    central = (f(x + h) - f(x - h)) / (2 * h)
    second = (f(x + h) - 2 * f(x) + f(x - h)) / h**2
    return round(forward, 3), round(central, 3), round(second, 3)


# %% wrong="differences: operator precedence; breaks: the change divided by 2h"
def differences(f, x: float, h: float) -> tuple[float, float, float]:
    """The forward difference, the central one, and the second derivative of f at x, with steps of length h."""
    forward = (f(x + h) - f(x)) / h
    central = (f(x + h) - f(x - h)) / 2 * h
    second = (f(x + h) - 2 * f(x) + f(x - h)) / h**2
    return forward, central, second


# %% right="numeric_gradient: ndindex and one working copy"
def numeric_gradient(f, x: np.ndarray, h: float) -> np.ndarray:
    work = np.array(x, dtype=float)
    result = np.zeros_like(work)
    for index in np.ndindex(work.shape):
        keep = work[index]
        work[index] = keep + h
        plus = f(work)
        work[index] = keep - h
        minus = f(work)
        work[index] = keep
        result[index] = (plus - minus) / (2 * h)
    return result


def directional(f, x: np.ndarray, direction: np.ndarray, h: float) -> float:
    u = direction / np.linalg.norm(direction)
    return float((f(x + h * u) - f(x - h * u)) / (2 * h))


# %% right="numeric_gradient: directional along each unit direction"
def directional(f, x, direction, h):
    u = direction / np.sqrt(np.sum(np.square(direction)))
    return (f(x + h * u) - f(x - h * u)) / (2 * h)


def numeric_gradient(f, x, h):
    out = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        unit = np.zeros(x.shape)
        unit[index] = 1.0
        out[index] = directional(f, x, unit, h)
    return out


# %% right="numeric_gradient: a flat copy, shaped again for each call"
def numeric_gradient(f, x, h):
    flat = x.ravel().astype(np.float64)
    slopes = []
    for k in range(flat.size):
        up, down = flat.copy(), flat.copy()
        up[k] += h
        down[k] -= h
        slopes.append((f(up.reshape(x.shape)) - f(down.reshape(x.shape))) / (2 * h))
    return np.array(slopes).reshape(x.shape)


def directional(f, x, direction, h):
    length = np.sqrt((direction * direction).sum())
    return (f(x + direction * h / length) - f(x - direction * h / length)) / (2 * h)


# %% wrong="numeric_gradient: steps of 1e-5 whatever h says; breaks: steps of length h"
def numeric_gradient(f, x: np.ndarray, h: float) -> np.ndarray:
    h = 1e-5
    slopes = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[place] += h
        down[place] -= h
        slopes[place] = (f(up) - f(down)) / (2 * h)
    return slopes


def directional(f, x: np.ndarray, direction: np.ndarray, h: float) -> float:
    """How fast f changes at x for each unit of length in this direction."""
    unit = direction / np.sqrt((direction**2).sum())
    return (f(x + h * unit) - f(x - h * unit)) / (2 * h)


# %% wrong="numeric_gradient: the length for vectors of two only; breaks: any shape"
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
    unit = direction / np.hypot(direction.flat[0], direction.flat[-1])
    return (f(x + h * unit) - f(x - h * unit)) / (2 * h)


# %% wrong="numeric_gradient: flat result; breaks: in the shape of x"
def numeric_gradient(f, x: np.ndarray, h: float) -> np.ndarray:
    """The gradient of f at x, in the shape of x."""
    slopes = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[place] += h
        down[place] -= h
        slopes[place] = (f(up) - f(down)) / (2 * h)
    return slopes.flatten()


def directional(f, x: np.ndarray, direction: np.ndarray, h: float) -> float:
    """How fast f changes at x for each unit of length in this direction."""
    unit = direction / np.sqrt((direction**2).sum())
    return (f(x + h * unit) - f(x - h * unit)) / (2 * h)


# %% wrong="numeric_gradient: the other half forgotten; breaks: a step to either side"
def numeric_gradient(f, x: np.ndarray, h: float) -> np.ndarray:
    """The gradient of f at x, in the shape of x."""
    slopes = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[place] += h
        down[place] -= 0 * h
        slopes[place] = (f(up) - f(down)) / (2 * h)
    return slopes


def directional(f, x: np.ndarray, direction: np.ndarray, h: float) -> float:
    """How fast f changes at x for each unit of length in this direction."""
    unit = direction / np.sqrt((direction**2).sum())
    return (f(x + h * unit) - f(x - h * unit)) / (2 * h)


# %% wrong="numeric_gradient: moves every entry at once; breaks: hold the others still"
def numeric_gradient(f, x: np.ndarray, h: float) -> np.ndarray:
    """The gradient of f at x, in the shape of x."""
    slopes = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up += h
        down[place] -= h
        slopes[place] = (f(up) - f(down)) / (2 * h)
    return slopes


def directional(f, x: np.ndarray, direction: np.ndarray, h: float) -> float:
    """How fast f changes at x for each unit of length in this direction."""
    unit = direction / np.sqrt((direction**2).sum())
    return (f(x + h * unit) - f(x - h * unit)) / (2 * h)


# %% wrong="numeric_gradient: directional derivative not per unit of length; breaks: for each unit of length"
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
    unit = direction / (direction**2).sum()
    return (f(x + h * unit) - f(x - h * unit)) / (2 * h)


# %% wrong="numeric_gradient: the slope without a sign; breaks: how fast f changes"
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
    unit = direction / np.sqrt((direction**2).sum())
    return abs(f(x + h * unit) - f(x - h * unit)) / (2 * h)


# %% right="tables_of_slopes: column by column into a table"
def jacobian(f, x: np.ndarray) -> np.ndarray:
    h = 1e-5
    m = len(f(x))
    table = np.zeros((m, len(x)))
    for j in range(len(x)):
        up, down = x.copy(), x.copy()
        up[j] += h
        down[j] -= h
        table[:, j] = (f(up) - f(down)) / (2 * h)
    return table


def hessian(f, x: np.ndarray) -> np.ndarray:
    h = 1e-4
    n = len(x)
    table = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            ei, ej = np.zeros(n), np.zeros(n)
            ei[i], ej[j] = h, h
            table[i, j] = (f(x + ei + ej) - f(x + ei - ej) - f(x - ei + ej) + f(x - ei - ej)) / (4 * h**2)
    return table


# %% right="tables_of_slopes: the Hessian from the Jacobian of a gradient"
def jacobian(f, x):
    h = 1e-4
    eye = np.eye(x.size) * h
    return np.stack([(f(x + row) - f(x - row)) / (2 * h) for row in eye], axis=-1)


def hessian(f, x):
    def gradient(v):
        h = 1e-4
        return np.array([(f(v + row) - f(v - row)) / (2 * h) for row in np.eye(v.size) * h])

    table = jacobian(gradient, x)
    return (table + table.T) / 2


# %% right="tables_of_slopes: upper triangle, mirrored"
def jacobian(f, x):
    h = 1e-6
    cols = []
    for j in range(len(x)):
        step = np.zeros(len(x))
        step[j] = h
        cols.append((f(x + step) - f(x - step)) / (2 * h))
    return np.array(cols).T


def hessian(f, x):
    h, n = 5e-4, len(x)
    out = np.empty((n, n))
    for i in range(n):
        for j in range(i, n):
            a, b = np.eye(n)[i] * h, np.eye(n)[j] * h
            value = (f(x + a + b) - f(x + a - b) - f(x - a + b) + f(x - a - b)) / (4 * h * h)
            out[i, j] = out[j, i] = value
    return out


# %% wrong="tables_of_slopes: rows and columns swapped; breaks: as many rows as outputs"
def jacobian(f, x: np.ndarray) -> np.ndarray:
    """The Jacobian (m, n) of f at x (n,)."""
    h, columns = 1e-5, []
    for step in h * np.eye(len(x)):
        columns.append((f(x + step) - f(x - step)) / (2 * h))
    return np.stack(columns, axis=0)


def hessian(f, x: np.ndarray) -> np.ndarray:
    """The Hessian (n, n) of f at x (n,)."""
    h = 1e-3

    def gradient(place):
        return np.array([(f(place + step) - f(place - step)) / (2 * h) for step in h * np.eye(len(x))])

    return np.stack([(gradient(x + step) - gradient(x - step)) / (2 * h) for step in h * np.eye(len(x))], axis=1)


# %% wrong="tables_of_slopes: a Hessian of differences of 1e-7; breaks: four correct digits"
def jacobian(f, x: np.ndarray) -> np.ndarray:
    """The Jacobian (m, n) of f at x (n,)."""
    h, columns = 1e-5, []
    for step in h * np.eye(len(x)):
        columns.append((f(x + step) - f(x - step)) / (2 * h))
    return np.stack(columns, axis=1)


def hessian(f, x: np.ndarray) -> np.ndarray:
    """The Hessian (n, n) of f at x (n,)."""
    h = 1e-7

    def gradient(place):
        return np.array([(f(place + step) - f(place - step)) / (2 * h) for step in h * np.eye(len(x))])

    return np.stack([(gradient(x + step) - gradient(x - step)) / (2 * h) for step in h * np.eye(len(x))], axis=1)


# %% wrong="tables_of_slopes: the Hessian halved; breaks: second derivatives"
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

    return np.stack([(gradient(x + step) - gradient(x - step)) / (2 * h) for step in h * np.eye(len(x))], axis=1) / 2


# %% wrong="tables_of_slopes: forward differences with a large step; breaks: four correct digits"
def jacobian(f, x: np.ndarray) -> np.ndarray:
    """The Jacobian (m, n) of f at x (n,)."""
    h, columns = 1e-2, []
    for step in h * np.eye(len(x)):
        columns.append((f(x + step) - f(x)) / h)
    return np.stack(columns, axis=1)


def hessian(f, x: np.ndarray) -> np.ndarray:
    """The Hessian (n, n) of f at x (n,)."""
    h = 1e-3

    def gradient(place):
        return np.array([(f(place + step) - f(place - step)) / (2 * h) for step in h * np.eye(len(x))])

    return np.stack([(gradient(x + step) - gradient(x - step)) / (2 * h) for step in h * np.eye(len(x))], axis=1)


# %% wrong="tables_of_slopes: the last input forgotten; breaks: as many columns as inputs"
def jacobian(f, x: np.ndarray) -> np.ndarray:
    """The Jacobian (m, n) of f at x (n,)."""
    h, columns = 1e-5, []
    for step in h * np.eye(len(x))[: max(1, len(x) - 1)]:
        columns.append((f(x + step) - f(x - step)) / (2 * h))
    return np.stack(columns, axis=1)


def hessian(f, x: np.ndarray) -> np.ndarray:
    """The Hessian (n, n) of f at x (n,)."""
    h = 1e-3

    def gradient(place):
        return np.array([(f(place + step) - f(place - step)) / (2 * h) for step in h * np.eye(len(x))])

    return np.stack([(gradient(x + step) - gradient(x - step)) / (2 * h) for step in h * np.eye(len(x))], axis=1)


# %% wrong="tables_of_slopes: only the sizes of the slopes; breaks: second derivatives have signs"
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
    ).__abs__()


# %% right="cubic: as the blanks suggest"
def cubic_by_hand(x, y, c, lr, steps):
    powers = np.stack([x**k for k in range(4)])
    for _ in range(steps):
        error = powers.T @ c - y
        slope = 2 * (powers * error).sum(axis=1)
        c = c - lr * slope
    return c


def cubic_by_autograd(x, y, c, lr, steps):
    powers = torch.stack([x**k for k in range(4)])
    c = c.clone().requires_grad_(True)
    for _ in range(steps):
        loss = ((c @ powers - y) ** 2).sum()
        loss.backward()
        with torch.no_grad():
            c -= lr * c.grad
        c.grad = None
    return c.detach()


# %% right="cubic: a new leaf each step"
def cubic_by_hand(x, y, c, lr, steps):
    for _ in range(steps):
        prediction = sum(c[k] * x**k for k in range(4))
        c = c - lr * np.array([(2 * (prediction - y) * x**k).sum() for k in range(4)])
    return c


def cubic_by_autograd(x, y, c, lr, steps):
    for _ in range(steps):
        leaf = c.clone().requires_grad_()
        prediction = sum(leaf[k] * x**k for k in range(4))
        (prediction - y).pow(2).sum().backward()
        c = c - lr * leaf.grad
    return c


# %% right="cubic: set_grad_enabled, data"
def cubic_by_hand(x, y, c, lr, steps):
    design = np.column_stack([x**0, x, x**2, x**3])
    current = c.astype(float).copy()
    for _ in range(steps):
        current -= lr * (2 * design.T.dot(design.dot(current) - y))
    return current


def cubic_by_autograd(x, y, c, lr, steps):
    design = torch.stack([x**0, x, x**2, x**3], dim=1)
    current = c.clone().requires_grad_()
    for _ in range(steps):
        ((design @ current - y) ** 2).sum().backward()
        current.data = current.data - lr * current.grad
        current.grad.zero_()
    return current.data


# %% wrong="cubic: steps upwards; breaks: gradient descent"
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
    c = c.clone().requires_grad_()
    for _ in range(steps):
        loss = ((c @ powers - y) ** 2).sum()
        loss.backward()
        with torch.no_grad():
            c += lr * c.grad
        c.grad = None
    return c.detach()


# %% wrong="cubic: gradients pile up; breaks: an old slope is left"
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
    c = c.clone().requires_grad_()
    for _ in range(steps):
        loss = ((c @ powers - y) ** 2).sum()
        loss.backward()
        with torch.no_grad():
            c -= lr * c.grad
        c.grad = c.grad
    return c.detach()


# %% wrong="cubic: the start is changed; breaks: the start c must not be changed"
def cubic_by_hand(x: np.ndarray, y: np.ndarray, c: np.ndarray, lr: float, steps: int) -> np.ndarray:
    """The coefficients (4,) after so many steps from c, for points x and y (n,)."""
    powers = np.stack([x**k for k in range(4)])  # (4, n)
    for _ in range(steps):
        error = c @ powers - y
        slope = 2 * powers @ error
        c -= lr * slope
    return c


def cubic_by_autograd(x: torch.Tensor, y: torch.Tensor, c: torch.Tensor, lr: float, steps: int) -> torch.Tensor:
    """The same, with slopes from autograd."""
    powers = torch.stack([x**k for k in range(4)])
    c = c.clone().requires_grad_()
    for _ in range(steps):
        loss = ((c @ powers - y) ** 2).sum()
        loss.backward()
        with torch.no_grad():
            c -= lr * c.grad
        c.grad = None
    return c.detach()


# %% wrong="cubic: the mean in the slope on paper; breaks: the sum of the squared errors"
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
    c = c.clone().requires_grad_()
    for _ in range(steps):
        loss = ((c @ powers - y) ** 2).sum()
        loss.backward()
        with torch.no_grad():
            c -= lr * c.grad
        c.grad = None
    return c.detach()


# %% wrong="cubic: squared error in the slope; breaks: 2 error power"
def cubic_by_hand(x: np.ndarray, y: np.ndarray, c: np.ndarray, lr: float, steps: int) -> np.ndarray:
    """The coefficients (4,) after so many steps from c, for points x and y (n,)."""
    powers = np.stack([x**k for k in range(4)])  # (4, n)
    for _ in range(steps):
        error = c @ powers - y
        slope = 2 * powers @ error**2
        c = c - lr * slope
    return c


def cubic_by_autograd(x: torch.Tensor, y: torch.Tensor, c: torch.Tensor, lr: float, steps: int) -> torch.Tensor:
    """The same, with slopes from autograd."""
    powers = torch.stack([x**k for k in range(4)])
    c = c.clone().requires_grad_()
    for _ in range(steps):
        loss = ((c @ powers - y) ** 2).sum()
        loss.backward()
        with torch.no_grad():
            c -= lr * c.grad
        c.grad = None
    return c.detach()


# %% wrong="cubic: one step too many; breaks: so many steps"
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
    c = c.clone().requires_grad_()
    for _ in range(steps + 1):
        loss = ((c @ powers - y) ** 2).sum()
        loss.backward()
        with torch.no_grad():
            c -= lr * c.grad
        c.grad = None
    return c.detach()


# %% right="jacobian_rows: one-hot weights"
def weighted(f, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    z = x.clone().detach().requires_grad_(True)
    y = f(z)
    y.backward(v)
    return z.grad


def rows(f, x: torch.Tensor) -> torch.Tensor:
    m = f(x).shape[0]
    result = []
    for i in range(m):
        v = torch.zeros(m, dtype=x.dtype)
        v[i] = 1
        result.append(weighted(f, x, v))
    return torch.stack(result)


# %% right="jacobian_rows: single outputs, cleared in between"
def weighted(f, x, v):
    z = x.detach().clone().requires_grad_()
    (v * f(z)).sum().backward()
    return z.grad.clone()


def rows(f, x):
    z = x.detach().clone().requires_grad_()
    y = f(z)
    out = torch.zeros(len(y), len(x), dtype=x.dtype)
    for i in range(len(y)):
        if z.grad is not None:
            z.grad.zero_()
        y[i].backward(retain_graph=True)
        out[i] = z.grad
    return out


# %% right="jacobian_rows: torch.func"
def weighted(f, x, v):
    value, pull = torch.func.vjp(f, x)
    return pull(v)[0].detach()


def rows(f, x):
    return torch.func.jacrev(f)(x).detach()


# %% wrong="jacobian_rows: never cleared; breaks: each row from its own walk back"
def weighted(f, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """The gradient (n,) of v · f(x) at x (n,), for weights v (m,)."""
    leaf = x.detach().clone().requires_grad_()
    f(leaf).backward(v)
    return leaf.grad


def rows(f, x: torch.Tensor) -> torch.Tensor:
    """The Jacobian (m, n) of f at x (n,)."""
    leaf = x.detach().clone().requires_grad_()
    y = f(leaf)
    table = []
    for pick in torch.eye(len(y), dtype=y.dtype):
        y.backward(pick, retain_graph=True)
        table.append(leaf.grad + 0)
    return torch.stack(table)


# %% wrong="jacobian_rows: columns; breaks: the Jacobian is (m, n)"
def weighted(f, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """The gradient (n,) of v · f(x) at x (n,), for weights v (m,)."""
    leaf = x.detach().clone().requires_grad_()
    f(leaf).backward(v)
    return leaf.grad


def rows(f, x: torch.Tensor) -> torch.Tensor:
    """The Jacobian (m, n) of f at x (n,)."""
    leaf = x.detach().clone().requires_grad_()
    y = f(leaf)
    table = []
    for pick in torch.eye(len(y), dtype=y.dtype):
        leaf.grad = None
        y.backward(pick, retain_graph=True)
        table.append(leaf.grad)
    return torch.stack(table).T


# %% wrong="jacobian_rows: the sum of the outputs; breaks: v weights them"
def weighted(f, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """The gradient (n,) of v · f(x) at x (n,), for weights v (m,)."""
    leaf = x.detach().clone().requires_grad_()
    f(leaf).sum().backward()
    return leaf.grad


def rows(f, x: torch.Tensor) -> torch.Tensor:
    """The Jacobian (m, n) of f at x (n,)."""
    leaf = x.detach().clone().requires_grad_()
    y = f(leaf)
    table = []
    for pick in torch.eye(len(y), dtype=y.dtype):
        leaf.grad = None
        y.backward(pick, retain_graph=True)
        table.append(leaf.grad)
    return torch.stack(table)


# %% wrong="jacobian_rows: the mean of the weighted outputs; breaks: the weighted sum"
def weighted(f, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """The gradient (n,) of v · f(x) at x (n,), for weights v (m,)."""
    leaf = x.detach().clone().requires_grad_()
    (f(leaf) * v).mean().backward()
    return leaf.grad


def rows(f, x: torch.Tensor) -> torch.Tensor:
    """The Jacobian (m, n) of f at x (n,)."""
    leaf = x.detach().clone().requires_grad_()
    y = f(leaf)
    table = []
    for pick in torch.eye(len(y), dtype=y.dtype):
        leaf.grad = None
        y.backward(pick, retain_graph=True)
        table.append(leaf.grad)
    return torch.stack(table)


# %% wrong="jacobian_rows: single precision always; breaks: float64 in, float64 out"
def weighted(f, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """The gradient (n,) of v · f(x) at x (n,), for weights v (m,)."""
    leaf = x.detach().clone().requires_grad_()
    f(leaf).backward(v)
    return leaf.grad.float()


def rows(f, x: torch.Tensor) -> torch.Tensor:
    """The Jacobian (m, n) of f at x (n,)."""
    leaf = x.detach().clone().requires_grad_()
    y = f(leaf)
    table = []
    for pick in torch.eye(len(y), dtype=y.dtype):
        leaf.grad = None
        y.backward(pick, retain_graph=True)
        table.append(leaf.grad)
    return torch.stack(table)


# %% wrong="jacobian_rows: rows in reverse; breaks: row i for output i"
def weighted(f, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """The gradient (n,) of v · f(x) at x (n,), for weights v (m,)."""
    leaf = x.detach().clone().requires_grad_()
    f(leaf).backward(v)
    return leaf.grad


def rows(f, x: torch.Tensor) -> torch.Tensor:
    """The Jacobian (m, n) of f at x (n,)."""
    leaf = x.detach().clone().requires_grad_()
    y = f(leaf)
    table = []
    for pick in torch.eye(len(y), dtype=y.dtype):
        leaf.grad = None
        y.backward(pick, retain_graph=True)
        table.append(leaf.grad)
    return torch.stack(table[::-1])


# %% right="both_ways: blanks filled"
def both_ways(formulas, names, point):
    symbols = sympy.symbols(names, seq=True)
    table = sympy.Matrix([sympy.sympify(formula) for formula in formulas])
    exact = table.jacobian(symbols)
    there = exact.subs(dict(zip(symbols, point)))
    f = sympy.lambdify(symbols, list(table), modules=[torch])
    x = torch.tensor(point, dtype=torch.float64)
    by_torch = torch.autograd.functional.jacobian(lambda v: torch.stack(f(*v)), x)
    return torch.tensor(np.array(there.tolist(), dtype=float)), by_torch


# %% right="both_ways: subs one after the other"
def both_ways(formulas, names, point):
    symbols = sympy.symbols(names, seq=True)
    table = sympy.Matrix([sympy.sympify(formula) for formula in formulas])
    there = table.jacobian(sympy.Matrix(symbols))
    for symbol, value in zip(symbols, point):
        there = there.subs(symbol, value)
    f = sympy.lambdify(symbols, list(table), modules=[torch])
    x = torch.tensor(point, dtype=torch.float64)
    by_torch = torch.autograd.functional.jacobian(lambda v: torch.stack(tuple(f(*v.unbind()))), x)
    return torch.tensor(np.array(there.tolist(), dtype=float)), by_torch


# %% right="both_ways: rows by backward"
def both_ways(formulas, names, point):
    symbols = sympy.symbols(names, seq=True)
    table = sympy.Matrix([sympy.sympify(formula) for formula in formulas])
    there = table.jacobian(symbols).evalf(subs={symbol: value for symbol, value in zip(symbols, point)})
    f = sympy.lambdify(symbols, list(table), modules=[torch])
    x = torch.tensor(point, dtype=torch.float64, requires_grad=True)
    table_by_torch = []
    for output in f(*x):
        x.grad = None
        output.backward(retain_graph=True)
        table_by_torch.append(x.grad)
    return torch.tensor(np.array(there.tolist(), dtype=float)), torch.stack(table_by_torch)


# %% wrong="both_ways: transposed algebra; breaks: a row for each formula"
def both_ways(formulas: list[str], names: str, point: list[float]) -> tuple[torch.Tensor, torch.Tensor]:
    """The Jacobian of the formulas at a point, by algebra and by torch, in float64."""
    symbols = sympy.symbols(names, seq=True)
    table = sympy.Matrix([sympy.sympify(formula) for formula in formulas])
    exact = table.jacobian(symbols)
    there = exact.subs(dict(zip(symbols, point, strict=True)))
    f = sympy.lambdify(symbols, list(table), modules=[torch])
    x = torch.tensor(point, dtype=torch.float64)
    by_torch = torch.autograd.functional.jacobian(lambda v: torch.stack(f(*v)), x)
    return torch.tensor(np.array(there.T.tolist(), dtype=float)), by_torch


# %% wrong="both_ways: numbers put in before the derivative; breaks: the Jacobian of the formulas"
def both_ways(formulas: list[str], names: str, point: list[float]) -> tuple[torch.Tensor, torch.Tensor]:
    """The Jacobian of the formulas at a point, by algebra and by torch, in float64."""
    symbols = sympy.symbols(names, seq=True)
    table = sympy.Matrix([sympy.sympify(formula) for formula in formulas])
    exact = table.subs(dict(zip(symbols, point))).jacobian(symbols)
    there = exact.subs(dict(zip(symbols, point, strict=True)))
    f = sympy.lambdify(symbols, list(table), modules=[torch])
    x = torch.tensor(point, dtype=torch.float64)
    by_torch = torch.autograd.functional.jacobian(lambda v: torch.stack(f(*v)), x)
    return torch.tensor(np.array(there.tolist(), dtype=float)), by_torch


# %% wrong="both_ways: values for slopes; breaks: the Jacobian by torch"
def both_ways(formulas: list[str], names: str, point: list[float]) -> tuple[torch.Tensor, torch.Tensor]:
    """The Jacobian of the formulas at a point, by algebra and by torch, in float64."""
    symbols = sympy.symbols(names, seq=True)
    table = sympy.Matrix([sympy.sympify(formula) for formula in formulas])
    exact = table.jacobian(symbols)
    there = exact.subs(dict(zip(symbols, point, strict=True)))
    f = sympy.lambdify(symbols, list(table), modules=[torch])
    x = torch.tensor(point, dtype=torch.float64)
    by_torch = torch.stack(f(*x))
    return torch.tensor(np.array(there.tolist(), dtype=float)), by_torch


# %% wrong="both_ways: at zero by algebra; breaks: at a point"
def both_ways(formulas: list[str], names: str, point: list[float]) -> tuple[torch.Tensor, torch.Tensor]:
    """The Jacobian of the formulas at a point, by algebra and by torch, in float64."""
    symbols = sympy.symbols(names, seq=True)
    table = sympy.Matrix([sympy.sympify(formula) for formula in formulas])
    exact = table.jacobian(symbols)
    there = exact.subs(dict(zip(symbols, [0.5] * len(point), strict=True)))
    f = sympy.lambdify(symbols, list(table), modules=[torch])
    x = torch.tensor(point, dtype=torch.float64)
    by_torch = torch.autograd.functional.jacobian(lambda v: torch.stack(f(*v)), x)
    return torch.tensor(np.array(there.tolist(), dtype=float)), by_torch


# %% wrong="both_ways: the sum of the formulas by torch; breaks: a row for each"
def both_ways(formulas: list[str], names: str, point: list[float]) -> tuple[torch.Tensor, torch.Tensor]:
    """The Jacobian of the formulas at a point, by algebra and by torch, in float64."""
    symbols = sympy.symbols(names, seq=True)
    table = sympy.Matrix([sympy.sympify(formula) for formula in formulas])
    exact = table.jacobian(symbols)
    there = exact.subs(dict(zip(symbols, point, strict=True)))
    f = sympy.lambdify(symbols, list(table), modules=[torch])
    x = torch.tensor(point, dtype=torch.float64)
    by_torch = torch.autograd.functional.jacobian(lambda v: torch.stack(f(*v)).sum(), x)
    return torch.tensor(np.array(there.tolist(), dtype=float)), by_torch


# %% right="in_pieces: a loop over starts"
def in_pieces(loss_of, w, x, y, size):
    n = x.shape[0]
    mean = 0.0
    for i in range(0, n, size):
        part = slice(i, min(i + size, n))
        rows = part.stop - part.start
        loss = loss_of(w, x[part], y[part])
        (loss * rows / n).backward()
        mean += loss.item() * rows / n
    return mean


# %% right="in_pieces: sum of losses, divided at the end, gradients too"
def in_pieces(loss_of, w, x, y, size):
    old = None if w.grad is None else w.grad.clone()
    w.grad = None
    total = 0.0
    for xb, yb in zip(torch.split(x, size), torch.split(y, size)):
        loss = loss_of(w, xb, yb) * len(xb)
        loss.backward()
        total += loss.item()
    w.grad = w.grad / len(x)
    if old is not None:
        w.grad = w.grad + old
    return total / len(x)


# %% right="in_pieces: chunks by indices"
def in_pieces(loss_of, w, x, y, size):
    losses = []
    for chosen in torch.arange(len(x)).split(size):
        loss = loss_of(w, x[chosen], y[chosen]) * chosen.numel() / len(x)
        loss.backward()
        losses.append(float(loss.detach()))
    return float(sum(losses))


# %% wrong="in_pieces: the mean of the means; breaks: the mean loss of all rows"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""
    total = 0.0
    for xb, yb in zip(x.split(size), y.split(size), strict=True):
        loss = loss_of(w, xb, yb) * (1 / math.ceil(len(x) / size))
        loss.backward()
        total += loss.item()
    return total


# %% wrong="in_pieces: zeroes what was there; breaks: what w.grad held stays in the sum"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""
    total = 0.0
    if w.grad is not None:
        w.grad.zero_()
    for xb, yb in zip(x.split(size), y.split(size), strict=True):
        loss = loss_of(w, xb, yb) * (len(xb) / len(x))
        loss.backward()
        total += loss.item()
    return total


# %% wrong="in_pieces: scales the loss and not the gradient; breaks: the gradient of the mean loss"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""
    total = 0.0
    for xb, yb in zip(x.split(size), y.split(size), strict=True):
        loss = loss_of(w, xb, yb)
        loss.backward()
        loss = loss * (len(xb) / len(x))
        total += loss.item()
    return total


# %% wrong="in_pieces: whole batch in one go; breaks: no more than size rows at once"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""
    total = 0.0
    for xb, yb in [(x, y)]:
        loss = loss_of(w, xb, yb) * (len(xb) / len(x))
        loss.backward()
        total += loss.item()
    return total


# %% wrong="in_pieces: drops what is left over; breaks: all rows"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""
    total = 0.0
    for xb, yb in list(zip(x.split(size), y.split(size), strict=True))[: max(1, len(x) // size)]:
        loss = loss_of(w, xb, yb) * (len(xb) / len(x))
        loss.backward()
        total += loss.item()
    return total


# %% wrong="in_pieces: takes a step; breaks: w itself does not change"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""
    total = 0.0
    for xb, yb in zip(x.split(size), y.split(size), strict=True):
        loss = loss_of(w, xb, yb) * (len(xb) / len(x))
        loss.backward()
        total += loss.item()
    with torch.no_grad():
        w -= 0.01 * w.grad
    return total


# %% right="read_off: the two formulas turned round"
def labels_behind(logits, grad):
    p = torch.sigmoid(logits)
    return p - grad * len(logits)


def row_behind(grad_w, grad_b):
    i = torch.argmax(torch.abs(grad_b))
    return grad_w[i] / grad_b[i]


# %% right="read_off: weighted by the squares of delta"
def labels_behind(logits, grad):
    return 1.0 / (1.0 + (-logits).exp()) - logits.shape[0] * grad


def row_behind(grad_w, grad_b):
    return (grad_w * grad_b[:, None]).sum(dim=0) / grad_b.square().sum()


# %% right="read_off: topk"
def labels_behind(logits, grad):
    return (torch.sigmoid(logits) / len(logits) - grad) * len(logits)


def row_behind(grad_w, grad_b):
    place = grad_b.abs().topk(1).indices
    return (grad_w[place] / grad_b[place].unsqueeze(1)).squeeze(0)


# %% wrong="read_off: n forgotten; breaks: divided by n in the formula"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    return torch.sigmoid(logits) - grad


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    most = grad_b.abs().argmax()
    return grad_w[most] / grad_b[most]


# %% wrong="read_off: divides by n; breaks: y is sigma minus n times the slope"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    return torch.sigmoid(logits) - grad / len(logits)


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    most = grad_b.abs().argmax()
    return grad_w[most] / grad_b[most]


# %% wrong="read_off: labels as booleans of the sign; breaks: labels from 0 to 1"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    return (torch.sigmoid(logits) - len(logits) * grad > 0.5).to(grad.dtype)


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    most = grad_b.abs().argmax()
    return grad_w[most] / grad_b[most]


# %% wrong="read_off: the last output; breaks: some entries may be zero"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    return torch.sigmoid(logits) - len(logits) * grad


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    most = -1
    return grad_w[most] / grad_b[most]


# %% wrong="read_off: sums of both; breaks: deltas may cancel"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    return torch.sigmoid(logits) - len(logits) * grad


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    most = grad_b.abs().argmax()
    return grad_w.sum(dim=0) / grad_b.sum()


# %% wrong="read_off: the mean of quotients; breaks: some entries may be zero"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    return torch.sigmoid(logits) - len(logits) * grad


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    most = grad_b.abs().argmax()
    return (grad_w / (grad_b[:, None] + 1e-12)).mean(dim=0)


# %% wrong="read_off: the direction only; breaks: the row itself"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    return torch.sigmoid(logits) - len(logits) * grad


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    most = grad_b.abs().argmax()
    row = grad_w[most] / grad_b[most]
    return row / row.norm()


# %% right="squares: as the blanks suggest"
def squares(x: float, times: int) -> tuple[float, float]:
    values = [x]
    for _ in range(times):
        values.append(values[-1] * values[-1])
    slope = 1
    for value in reversed(values[:-1]):
        slope = slope * 2 * value
    return values[-1], float(slope)


# %% right="squares: forwards with the values"
def squares(x, times):
    slope = 1.0
    for _ in range(times):
        x, slope = x * x, slope * 2 * x
    return x, slope


# %% right="squares: calls itself"
def squares(x, times):
    if times == 0:
        return x, 1.0
    value, slope = squares(x * x, times - 1)
    return value, slope * 2 * x


# %% wrong="squares: the slope of one squaring; breaks: a factor for each"
def squares(x: float, times: int) -> tuple[float, float]:
    """What x becomes when it is squared so many times in a row, and the slope of that with respect to x."""
    values = [x]
    for _ in range(times):
        values.append(values[-1] ** 2)
    slope = 1.0
    for value in reversed(values[:-1]):
        slope = 2 * value
    return values[-1], slope


# %% wrong="squares: squares the slope; breaks: slopes multiply"
def squares(x: float, times: int) -> tuple[float, float]:
    """What x becomes when it is squared so many times in a row, and the slope of that with respect to x."""
    values = [x]
    for _ in range(times):
        values.append(values[-1] ** 2)
    slope = 1.0
    for value in reversed(values[:-1]):
        slope = slope**2 * 2 * value
    return values[-1], slope


# %% wrong="squares: adds slopes; breaks: slopes multiply"
def squares(x: float, times: int) -> tuple[float, float]:
    """What x becomes when it is squared so many times in a row, and the slope of that with respect to x."""
    values = [x]
    for _ in range(times):
        values.append(values[-1] ** 2)
    slope = 1.0
    for value in reversed(values[:-1]):
        slope = slope + 2 * value
    return values[-1], slope


# %% wrong="squares: leaves the first value out; breaks: every step has a slope"
def squares(x: float, times: int) -> tuple[float, float]:
    """What x becomes when it is squared so many times in a row, and the slope of that with respect to x."""
    values = [x]
    for _ in range(times):
        values.append(values[-1] ** 2)
    slope = 1.0
    for value in reversed(values[1:-1]):
        slope = slope * 2 * value
    return values[-1], slope


# %% wrong="squares: cubes; breaks: squares"
def squares(x: float, times: int) -> tuple[float, float]:
    """What x becomes when it is squared so many times in a row, and the slope of that with respect to x."""
    values = [x]
    for _ in range(times):
        values.append(values[-1] ** 3)
    slope = 1.0
    for value in reversed(values[:-1]):
        slope = slope * 2 * value
    return values[-1], slope


# %% wrong="squares: the same local slope for all; breaks: at the value that arrived there"
def squares(x: float, times: int) -> tuple[float, float]:
    """What x becomes when it is squared so many times in a row, and the slope of that with respect to x."""
    values = [x]
    for _ in range(times):
        values.append(values[-1] ** 2)
    slope = 1.0
    for value in reversed(values[:-1]):
        slope = slope * 2 * x
    return values[-1], slope


# %% right="elementwise: from the rules"
def log_back(grad, out, x):
    return (grad / x,)


def sigmoid_back(grad, out, x):
    return (grad * (out * (1 - out)),)


def multiply_back(grad, out, x, y):
    return grad * y, x * grad


def maximum_back(grad, out, x, y):
    share = (x > y) * 1.0 + (x == y) * 0.5
    return grad * share, grad * (1 - share)


# %% right="elementwise: np.select, and tuples by name"
def log_back(grad, out, x):
    dx = grad * (1.0 / x)
    return (dx,)


def sigmoid_back(grad, out, x):
    s = 1 / (1 + np.exp(-x))
    return (grad * s * (1 - s),)


def multiply_back(grad, out, x, y):
    dx, dy = grad * y, grad * x
    return (dx, dy)


def maximum_back(grad, out, x, y):
    dx = grad * np.select([x > y, x == y], [1.0, 0.5], 0.0)
    dy = grad * np.select([y > x, x == y], [1.0, 0.5], 0.0)
    return (dx, dy)


# %% right="elementwise: by comparing with the result"
def log_back(grad, out, x):
    return (grad * np.exp(-out),)


def sigmoid_back(grad, out, x):
    return (grad * out - grad * out * out,)


def multiply_back(grad, out, x, y):
    return tuple(grad * other for other in (y, x))


def maximum_back(grad, out, x, y):
    wins_x, wins_y = (x == out).astype(float), (y == out).astype(float)
    both = wins_x + wins_y
    return grad * wins_x / both, grad * wins_y / both


# %% wrong="elementwise: a derivative of the wrong function; breaks: back through log"
def log_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = np.log(x)."""
    return (grad / x**2,)


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


# %% wrong="elementwise: log multiplies; breaks: grad over x"
def log_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = np.log(x)."""
    return (grad * x,)


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


# %% wrong="elementwise: sigmoid without the second factor; breaks: sigma (1 - sigma)"
def log_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = np.log(x)."""
    return (grad / x,)


def sigmoid_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = 1 / (1 + np.exp(-x))."""
    return (grad * out,)


def multiply_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x * y."""
    return grad * y, grad * x


def maximum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = np.maximum(x, y), with ties halved."""
    share = np.where(x == y, 0.5, x > y)
    return share * grad, (1 - share) * grad


# %% wrong="elementwise: all to the larger, ties to the second; breaks: ties halved"
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
    share = np.where(x > y, 1.0, 0.0)
    return share * grad, (1 - share) * grad


# %% wrong="elementwise: one gradient for both; breaks: a slope for each input"
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
    share = np.where(x == y, 0.5, x > y)
    return share * grad, share * grad


# %% wrong="elementwise: halves everywhere; breaks: the whole slope to whoever was larger"
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
    share = np.full(x.shape, 0.5)
    return share * grad, (1 - share) * grad


# %% wrong="elementwise: products of both; breaks: the slope of one factor is the other"
def log_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = np.log(x)."""
    return (grad / x,)


def sigmoid_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = 1 / (1 + np.exp(-x))."""
    return (grad * out * (1 - out),)


def multiply_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x * y."""
    return grad * out, grad * out


def maximum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = np.maximum(x, y), with ties halved."""
    share = np.where(x == y, 0.5, x > y)
    return share * grad, (1 - share) * grad


# %% right="unbroadcast: first the new axes, then the ones"
def unbroadcast(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    extra = len(grad.shape) - len(shape)
    for _ in range(extra):
        grad = grad.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad


# %% right="unbroadcast: einsum by letters"
def unbroadcast(grad, shape):
    letters = "abcdefghij"[: grad.ndim]
    own = letters[grad.ndim - len(shape) :]
    kept = "".join(letter for letter, size in zip(own, shape) if size != 1)
    return np.einsum(f"{letters}->{kept}", grad).reshape(shape)


# %% right="unbroadcast: torch's own sum_to_size"
def unbroadcast(grad, shape):
    return torch.tensor(grad).sum_to_size(shape).numpy()


# %% wrong="unbroadcast: reshape after a sum over the first axis; breaks: stretched axes stay with size 1"
def unbroadcast(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The slopes of an input of this shape, whose copies have the slopes grad."""
    put_in = grad.ndim - len(shape)
    grad = grad.sum(axis=tuple(range(put_in)))
    return grad.sum(axis=-1, keepdims=True) if shape and shape[-1] == 1 else grad


# %% wrong="unbroadcast: means; breaks: copies are added up"
def unbroadcast(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The slopes of an input of this shape, whose copies have the slopes grad."""
    put_in = grad.ndim - len(shape)
    grad = grad.sum(axis=tuple(range(put_in)))
    stretched = tuple(axis for axis, size in enumerate(shape) if size == 1)
    return grad.mean(axis=stretched, keepdims=True)


# %% wrong="unbroadcast: axes put in on the right; breaks: lined up at their right ends"
def unbroadcast(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The slopes of an input of this shape, whose copies have the slopes grad."""
    put_in = grad.ndim - len(shape)
    grad = grad.sum(axis=tuple(range(grad.ndim - put_in, grad.ndim)))
    stretched = tuple(axis for axis, size in enumerate(shape) if size == 1)
    return grad.sum(axis=stretched, keepdims=True)


# %% wrong="unbroadcast: takes one copy; breaks: copies are added up"
def unbroadcast(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The slopes of an input of this shape, whose copies have the slopes grad."""
    put_in = grad.ndim - len(shape)
    grad = grad.reshape(-1, *grad.shape[put_in:])[0]
    stretched = tuple(axis for axis, size in enumerate(shape) if size == 1)
    return grad.sum(axis=stretched, keepdims=True)


# %% wrong="unbroadcast: the last stretched axis only; breaks: axes that were stretched"
def unbroadcast(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The slopes of an input of this shape, whose copies have the slopes grad."""
    put_in = grad.ndim - len(shape)
    grad = grad.sum(axis=tuple(range(put_in)))
    stretched = tuple(axis for axis, size in enumerate(shape) if size == 1)
    return grad.sum(axis=stretched[-1:], keepdims=True)


# %% wrong="unbroadcast: the first stretched axis only; breaks: axes that were stretched"
def unbroadcast(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The slopes of an input of this shape, whose copies have the slopes grad."""
    put_in = grad.ndim - len(shape)
    grad = grad.sum(axis=tuple(range(put_in)))
    stretched = tuple(axis for axis, size in enumerate(shape) if size == 1)
    return grad.sum(axis=stretched[:1], keepdims=True)


# %% right="shape_changers: ones times grad"
def sum_back(grad, out, x, axis, keepdims):
    if axis is not None and keepdims is False:
        grad = np.expand_dims(grad, axis=axis)
    return (np.ones_like(x) * grad,)


def getitem_back(grad, out, x, index):
    result = np.zeros_like(x)
    np.add.at(result, index, grad)
    return (result,)


def matmul_back(grad, out, x, y):
    return (np.dot(grad, y.T), np.dot(x.T, grad))


# %% right="shape_changers: broadcasting to the shape"
def sum_back(grad, out, x, axis, keepdims):
    shape = np.sum(x, axis=axis, keepdims=True).shape
    return (np.broadcast_to(np.asarray(grad).reshape(shape), x.shape).copy(),)


def getitem_back(grad, out, x, index):
    numbers = np.arange(x.size).reshape(x.shape)
    slopes = np.zeros(x.size)
    np.add.at(slopes, numbers[index], grad)
    return (slopes.reshape(x.shape),)


def matmul_back(grad, out, x, y):
    to_x = np.zeros(x.shape)
    to_y = np.zeros(y.shape)
    for i in range(x.shape[0]):
        for j in range(y.shape[1]):
            to_x[i] += grad[i, j] * y[:, j]
            to_y[:, j] += grad[i, j] * x[i]
    return to_x, to_y


# %% right="shape_changers: negative axes made positive"
def sum_back(grad, out, x, axis, keepdims):
    if axis is None:
        return (np.zeros(x.shape) + np.sum(grad),)
    axis = axis % x.ndim
    if not keepdims:
        grad = grad[(slice(None),) * axis + (None,)]
    return (np.zeros(x.shape) + grad,)


def getitem_back(grad, out, x, index):
    slopes = np.zeros(x.shape, dtype=grad.dtype)
    np.add.at(slopes, index, grad)
    return (slopes,)


def matmul_back(grad, out, x, y):
    return grad @ np.swapaxes(y, 0, 1), np.swapaxes(x, 0, 1) @ grad


# %% wrong="shape_changers: assignment; breaks: repetitions add up"
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


# %% wrong="shape_changers: only entry by entry; breaks: the matrix product"
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
    return (grad * out).sum() * x, (grad * out).sum() * y


# %% wrong="shape_changers: the sum of grad everywhere; breaks: the slope of the sum that it went into"
def sum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, axis: int | None, keepdims: bool) -> tuple[np.ndarray]:
    """Back through out = x.sum(axis=axis, keepdims=keepdims)."""
    if axis is not None and not keepdims:
        grad = np.expand_dims(grad, axis)
    return (np.zeros(x.shape) + np.sum(grad),)


def getitem_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, index) -> tuple[np.ndarray]:
    """Back through out = x[index]."""
    slopes = np.zeros(x.shape)
    np.add.at(slopes, index, grad)
    return (slopes,)


def matmul_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x @ y, for matrices (n, k) and (k, m)."""
    return grad @ y.T, x.T @ grad


# %% wrong="shape_changers: ones where something was picked; breaks: the slope of its copy"
def sum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, axis: int | None, keepdims: bool) -> tuple[np.ndarray]:
    """Back through out = x.sum(axis=axis, keepdims=keepdims)."""
    if axis is not None and not keepdims:
        grad = np.expand_dims(grad, axis)
    return (np.zeros(x.shape) + grad,)


def getitem_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, index) -> tuple[np.ndarray]:
    """Back through out = x[index]."""
    slopes = np.zeros(x.shape)
    np.add.at(slopes, index, 1.0)
    return (slopes,)


def matmul_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x @ y, for matrices (n, k) and (k, m)."""
    return grad @ y.T, x.T @ grad


# %% wrong="shape_changers: swapped; breaks: a slope for each input, in order"
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
    return (x.T @ grad, grad @ y.T)


# %% wrong="shape_changers: positive axes only; breaks: from the right if negative"
def sum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, axis: int | None, keepdims: bool) -> tuple[np.ndarray]:
    """Back through out = x.sum(axis=axis, keepdims=keepdims)."""
    if axis is not None and not keepdims:
        grad = np.expand_dims(grad, max(axis, 0))
    return (np.zeros(x.shape) + grad,)


def getitem_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, index) -> tuple[np.ndarray]:
    """Back through out = x[index]."""
    slopes = np.zeros(x.shape)
    np.add.at(slopes, index, grad)
    return (slopes,)


def matmul_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x @ y, for matrices (n, k) and (k, m)."""
    return grad @ y.T, x.T @ grad


# %% wrong="shape_changers: kept axes expanded again; breaks: keepdims"
def sum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, axis: int | None, keepdims: bool) -> tuple[np.ndarray]:
    """Back through out = x.sum(axis=axis, keepdims=keepdims)."""
    if axis is not None:
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


# %% right="two_layers: transposes"
def softmax_loss(scores, labels):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    chances = powers / np.sum(powers, axis=1, keepdims=True)
    rows = np.arange(len(labels))
    loss = np.mean(-np.log(chances[rows, labels]))
    delta = chances.copy()
    delta[rows, labels] -= 1
    return loss, delta / scores.shape[0]


def two_layers(x, labels, w1, b1, w2, b2):
    before = np.dot(x, w1) + b1
    hidden = np.maximum(before, 0)
    loss, delta2 = softmax_loss(np.dot(hidden, w2) + b2, labels)
    delta1 = np.dot(delta2, w2.T)
    delta1[before <= 0] = 0
    return loss, (np.dot(x.T, delta1), np.sum(delta1, axis=0), np.dot(hidden.T, delta2), np.sum(delta2, axis=0))


# %% right="two_layers: row by row"
def softmax_loss(scores, labels):
    total, deltas = 0.0, []
    for row, label in zip(scores, labels):
        powers = np.exp(row - row.max())
        chances = powers / powers.sum()
        total -= math.log(chances[label])
        chances[label] -= 1
        deltas.append(chances)
    return total / len(labels), np.array(deltas) / len(labels)


def two_layers(x, labels, w1, b1, w2, b2):
    before = x @ w1 + b1
    hidden = np.maximum(before, 0)
    loss, delta2 = softmax_loss(hidden @ w2 + b2, labels)
    delta1 = (delta2 @ w2.T) * (hidden > 0)
    return loss, (x.T @ delta1, delta1.sum(axis=0), hidden.T @ delta2, delta2.sum(axis=0))


# %% right="two_layers: torch does the slopes"
def softmax_loss(scores, labels):
    leaf = torch.tensor(scores, requires_grad=True)
    with torch.enable_grad():
        loss = F.cross_entropy(leaf, torch.tensor(labels))
        (delta,) = torch.autograd.grad(loss, leaf)
    return loss.item(), delta.numpy()


def two_layers(x, labels, w1, b1, w2, b2):
    before = x @ w1 + b1
    hidden = np.where(before > 0, before, 0.0)
    loss, delta2 = softmax_loss(hidden @ w2 + b2, labels)
    delta1 = (delta2 @ w2.T) * np.sign(hidden)
    return loss, (x.T @ delta1, delta1.sum(0), hidden.T @ delta2, delta2.sum(0))


# %% wrong="two_layers: sum over all powers; breaks: chances of a row add up to 1"
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


# %% wrong="two_layers: no minus one; breaks: the chances minus the truth"
def softmax_loss(scores: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """The mean negative logarithm of the right classes' chances, and its slopes with respect to the scores (n, o)."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))  # the same chances, and no power is too large
    chances = powers / powers.sum(axis=1, keepdims=True)
    rows = np.arange(len(labels))
    loss = -np.log(chances[rows, labels]).mean()
    delta = chances.copy()
    delta[rows, labels] -= 0
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


# %% wrong="two_layers: the chances of class zero; breaks: the right class"
def softmax_loss(scores: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """The mean negative logarithm of the right classes' chances, and its slopes with respect to the scores (n, o)."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))  # the same chances, and no power is too large
    chances = powers / powers.sum(axis=1, keepdims=True)
    rows = np.arange(len(labels))
    loss = -np.log(chances[rows, 0 * labels]).mean()
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


# %% wrong="two_layers: divides by the classes; breaks: divided by n"
def softmax_loss(scores: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """The mean negative logarithm of the right classes' chances, and its slopes with respect to the scores (n, o)."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))  # the same chances, and no power is too large
    chances = powers / powers.sum(axis=1, keepdims=True)
    rows = np.arange(len(labels))
    loss = -np.log(chances[rows, labels]).mean()
    delta = chances.copy()
    delta[rows, labels] -= 1
    return loss, delta / scores.shape[1]


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


# %% wrong="two_layers: no ReLU on the way back; breaks: the slope of the bend"
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
    delta1 = np.einsum("no,ho->nh", delta2, w2) * 1.0
    grad_w1 = np.einsum("nd,nh->dh", x, delta1)
    grad_b1 = delta1.sum(axis=0)
    return loss, (grad_w1, grad_b1, grad_w2, grad_b2)


# %% wrong="two_layers: the sigmoid's slope; breaks: the slope of the ReLU"
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
    delta1 = np.einsum("no,ho->nh", delta2, w2) * hidden * (1 - hidden)
    grad_w1 = np.einsum("nd,nh->dh", x, delta1)
    grad_b1 = delta1.sum(axis=0)
    return loss, (grad_w1, grad_b1, grad_w2, grad_b2)


# %% wrong="two_layers: a bias from the deltas of the other layer; breaks: deltas of its own layer"
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
    grad_b2 = delta2.sum(axis=0) * 0
    delta1 = np.einsum("no,ho->nh", delta2, w2) * (before > 0)
    grad_w1 = np.einsum("nd,nh->dh", x, delta1)
    grad_b1 = delta1.sum(axis=0)
    return loss, (grad_w1, grad_b1, grad_w2, grad_b2)


# %% right="in_order: a stack with marks"
def in_order(end, parents_of) -> list:
    result, done, stack = [], set(), [end]
    on_the_way = {}
    while stack:
        node = stack[-1]
        if node in done:
            stack.pop()
            continue
        if node not in on_the_way:
            on_the_way[node] = [p for p in parents_of(node)]
        todo = [p for p in on_the_way[node] if p not in done]
        if todo:
            stack.extend(todo)
        else:
            done.add(node)
            result.append(node)
            stack.pop()
    return result


# %% right="in_order: the standard library"
def in_order(end, parents_of):
    from graphlib import TopologicalSorter

    graph, waiting = {}, [end]
    while waiting:
        node = waiting.pop()
        if node not in graph:
            graph[node] = list(parents_of(node))
            waiting.extend(graph[node])
    return list(TopologicalSorter(graph).static_order())


# %% right="in_order: ready when all children are written"
def in_order(end, parents_of):
    from collections import deque

    parents, queue = {}, deque([end])
    while queue:
        node = queue.popleft()
        if node in parents:
            continue
        parents[node] = list(parents_of(node))
        queue.extend(parents[node])
    open_children = dict.fromkeys(parents, 0)
    for one in parents.values():
        for parent in one:
            open_children[parent] += 1
    backwards, queue = [], deque([end])
    while queue:
        node = queue.popleft()
        backwards.append(node)
        for parent in parents[node]:
            open_children[parent] -= 1
            if not open_children[parent]:
                queue.append(parent)
    backwards.reverse()
    return backwards


# %% wrong="in_order: breadth first without care; breaks: each after all of its parents"
def in_order(end, parents_of):
    seen, queue, order = {end}, [end], []
    while queue:
        node = queue.pop(0)
        order.insert(0, node)
        for parent in parents_of(node):
            if parent not in seen:
                seen.add(parent)
                queue.append(parent)
    return order


# %% wrong="in_order: recursion; breaks: 5,000 steps in a row"
def in_order(end, parents_of):
    order = []

    def visit(node):
        for parent in parents_of(node):
            if parent not in order:
                visit(parent)
        if node not in order:
            order.append(node)

    visit(end)
    return order


# %% wrong="in_order: each path on its own; breaks: more paths than atoms"
def in_order(end, parents_of):
    order, waiting = [], [end]
    while waiting:
        node = waiting.pop()
        order.append(node)
        waiting.extend(parents_of(node))
    unique = []
    for node in order[::-1]:
        if node not in unique:
            unique.append(node)
    return unique


# %% wrong="in_order: repeats shared parents; breaks: exactly once"
def in_order(end, parents_of) -> list:
    """All nodes that end was made from, and end itself, each after its parents."""
    order, met, waiting = [], set(), [(end, False)]
    while waiting:
        node, parents_are_done = waiting.pop()
        if parents_are_done:
            order.append(node)
        elif node not in met:
            met.add(node)
            waiting.append((node, True))
            waiting.extend((parent, False) for parent in parents_of(node))
    return order + [order[0]] if len(order) > 1 else order


# %% wrong="in_order: sorted by name; breaks: after all of its parents"
def in_order(end, parents_of) -> list:
    """All nodes that end was made from, and end itself, each after its parents."""
    order, met, waiting = [], set(), [(end, False)]
    while waiting:
        node, parents_are_done = waiting.pop()
        if parents_are_done:
            order.append(node)
        elif node not in met:
            met.add(node)
            waiting.append((node, True))
            waiting.extend((parent, False) for parent in parents_of(node))
    return sorted(order)


# %% wrong="in_order: direct parents only; breaks: everything that end was made from"
def in_order(end, parents_of) -> list:
    """All nodes that end was made from, and end itself, each after its parents."""
    order, met, waiting = [], set(), [(end, False)]
    while waiting:
        node, parents_are_done = waiting.pop()
        if parents_are_done:
            order.append(node)
        elif node not in met:
            met.add(node)
            waiting.append((node, True))
            waiting.extend((parent, False) for parent in parents_of(node))
    return [node for node in order if node == end or node in parents_of(end)]


# %% right="backprop: a dict of slopes"
def backprop(end, order: list, back: dict) -> None:
    grads = {end: np.ones_like(end.array)}
    for tensor in reversed(order):
        if tensor not in grads or not tensor.requires_grad:
            continue
        g = grads[tensor]
        if tensor.recipe is None:
            tensor.grad = g if tensor.grad is None else tensor.grad + g
        else:
            r = tensor.recipe
            parts = back[r.name](g, tensor.array, *(p.array for p in r.parents), **r.options)
            for p, part in zip(r.parents, parts):
                if p.requires_grad:
                    grads[p] = grads[p] + part if p in grads else part


# %% right="backprop: defaultdict, leaves at the end"
def backprop(end, order, back):
    from collections import defaultdict

    slopes = defaultdict(float)
    slopes[end] = np.ones(np.shape(end.array))
    for node in order[::-1]:
        if node.requires_grad and node.recipe is not None:
            arrays = [parent.array for parent in node.recipe.parents]
            for parent, part in zip(
                node.recipe.parents,
                back[node.recipe.name](
                    slopes[node] + np.zeros(node.array.shape), node.array, *arrays, **node.recipe.options
                ),
            ):
                slopes[parent] = slopes[parent] + part
    for node in order:
        if node.recipe is None and node.requires_grad:
            new = slopes[node] + np.zeros(node.array.shape)
            node.grad = new if node.grad is None else node.grad + new


# %% right="backprop: two helpers"
def backprop(end, order, back):
    shares = [(end, np.ones(end.array.shape))]

    def total(node):
        mine = [share for owner, share in shares if owner is node]
        return sum(mine[1:], mine[0]) if mine else None

    def hand_on(node, slope):
        name, parents, options = node.recipe
        results = back[name](slope, node.array, *[one.array for one in parents], **options)
        shares.extend(zip(parents, results))

    for node in reversed(order):
        slope = total(node) if node.requires_grad else None
        if slope is None:
            continue
        if node.recipe:
            hand_on(node, slope)
        else:
            node.grad = np.array(slope) if node.grad is None else node.grad + slope


# %% wrong="backprop: assigns; breaks: several shares"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    slopes = {end: np.ones(end.array.shape)}
    for node in reversed(order):
        if not node.requires_grad:
            continue
        grad = slopes.pop(node)
        if node.recipe is None:
            node.grad = grad if node.grad is None else node.grad + grad
            continue
        name, parents, options = node.recipe
        shares = back[name](grad, node.array, *[parent.array for parent in parents], **options)
        for parent, share in zip(parents, shares, strict=True):
            slopes[parent] = share


# %% wrong="backprop: replaces an old gradient; breaks: add"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    slopes = {end: np.ones(end.array.shape)}
    for node in reversed(order):
        if not node.requires_grad:
            continue
        grad = slopes.pop(node)
        if node.recipe is None:
            node.grad = grad.copy()
            continue
        name, parents, options = node.recipe
        shares = back[name](grad, node.array, *[parent.array for parent in parents], **options)
        for parent, share in zip(parents, shares, strict=True):
            slopes[parent] = slopes[parent] + share if parent in slopes else share


# %% wrong="backprop: in the order given; breaks: from the end"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    slopes = {end: np.ones(end.array.shape)}
    for node in list(order):
        if not node.requires_grad:
            continue
        grad = slopes.pop(node)
        if node.recipe is None:
            node.grad = grad if node.grad is None else node.grad + grad
            continue
        name, parents, options = node.recipe
        shares = back[name](grad, node.array, *[parent.array for parent in parents], **options)
        for parent, share in zip(parents, shares, strict=True):
            slopes[parent] = slopes[parent] + share if parent in slopes else share


# %% wrong="backprop: starts with zero; breaks: the slope of end by itself is 1"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    slopes = {end: np.zeros(end.array.shape)}
    for node in reversed(order):
        if not node.requires_grad:
            continue
        grad = slopes.pop(node)
        if node.recipe is None:
            node.grad = grad if node.grad is None else node.grad + grad
            continue
        name, parents, options = node.recipe
        shares = back[name](grad, node.array, *[parent.array for parent in parents], **options)
        for parent, share in zip(parents, shares, strict=True):
            slopes[parent] = slopes[parent] + share if parent in slopes else share


# %% wrong="backprop: gradients on the way as well; breaks: nothing else gets a .grad"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    slopes = {end: np.ones(end.array.shape)}
    for node in reversed(order):
        if not node.requires_grad:
            continue
        grad = slopes.pop(node)
        if node.recipe is None:
            node.grad = grad if node.grad is None else node.grad + grad
            continue
        node.grad = grad
        name, parents, options = node.recipe
        shares = back[name](grad, node.array, *[parent.array for parent in parents], **options)
        for parent, share in zip(parents, shares, strict=True):
            slopes[parent] = slopes[parent] + share if parent in slopes else share


# %% wrong="backprop: leaves that ask for nothing get something; breaks: leaf that requires a gradient"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    slopes = {end: np.ones(end.array.shape)}
    for node in reversed(order):
        if node not in slopes:
            continue
        grad = slopes.pop(node)
        if node.recipe is None:
            node.grad = grad if node.grad is None else node.grad + grad
            continue
        name, parents, options = node.recipe
        shares = back[name](grad, node.array, *[parent.array for parent in parents], **options)
        for parent, share in zip(parents, shares, strict=True):
            slopes[parent] = slopes[parent] + share if parent in slopes else share


# %% wrong="backprop: doubles when nothing was there; breaks: None means nothing"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    slopes = {end: np.ones(end.array.shape)}
    for node in reversed(order):
        if not node.requires_grad:
            continue
        grad = slopes.pop(node)
        if node.recipe is None:
            node.grad = 2 * grad if node.grad is None else node.grad + grad
            continue
        name, parents, options = node.recipe
        shares = back[name](grad, node.array, *[parent.array for parent in parents], **options)
        for parent, share in zip(parents, shares, strict=True):
            slopes[parent] = slopes[parent] + share if parent in slopes else share


# %% right="fit_line: squeeze"
def fit_line(x, y, lr, steps):
    w = torch.zeros(x.shape[1], 1, dtype=x.dtype, requires_grad=True)
    b = torch.zeros((), dtype=x.dtype, requires_grad=True)
    for _ in range(steps):
        loss = (((x @ w).squeeze(1) + b - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            for parameter in (w, b):
                parameter -= lr * parameter.grad
                parameter.grad = None
    return w.detach().flatten(), b.detach()


# %% right="fit_line: view the answers"
def fit_line(x, y, lr, steps):
    y = y.view(-1, 1)
    w = torch.zeros(x.shape[1], 1, dtype=x.dtype, requires_grad=True)
    b = torch.zeros((), dtype=x.dtype, requires_grad=True)
    for _ in range(steps):
        loss = ((x @ w + b - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            for parameter in (w, b):
                parameter -= lr * parameter.grad
                parameter.grad = None
    return w.detach().flatten(), b.detach()


# %% right="fit_line: mv"
def fit_line(x, y, lr, steps):
    w = torch.zeros(x.shape[1], dtype=x.dtype, requires_grad=True)
    b = torch.zeros((), dtype=x.dtype, requires_grad=True)
    for _ in range(steps):
        loss = ((torch.mv(x, w) + b - y) ** 2).mean()
        grads = torch.autograd.grad(loss, [w, b])
        with torch.no_grad():
            w -= lr * grads[0]
            b -= lr * grads[1]
    return w.detach(), b.detach()


# %% wrong="fit_line: a smaller rate; breaks: the mistake is still there"
def fit_line(x: torch.Tensor, y: torch.Tensor, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features,) and bias () of the line after so many steps from zeros."""
    w = torch.zeros(x.shape[1], 1, dtype=x.dtype, requires_grad=True)
    b = torch.zeros((), dtype=x.dtype, requires_grad=True)
    for _ in range(steps):
        loss = ((x @ w + b - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            for parameter in (w, b):
                parameter -= 0.1 * lr * parameter.grad
                parameter.grad = None
    return w.detach().flatten(), b.detach()


# %% wrong="fit_line: the absolute error; breaks: the mean squared error"
def fit_line(x: torch.Tensor, y: torch.Tensor, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features,) and bias () of the line after so many steps from zeros."""
    w = torch.zeros(x.shape[1], 1, dtype=x.dtype, requires_grad=True)
    b = torch.zeros((), dtype=x.dtype, requires_grad=True)
    for _ in range(steps):
        loss = ((x @ w + b).flatten() - y).abs().mean()
        loss.backward()
        with torch.no_grad():
            for parameter in (w, b):
                parameter -= lr * parameter.grad
                parameter.grad = None
    return w.detach().flatten(), b.detach()


# %% wrong="fit_line: a bias for each row; breaks: bias ()"
def fit_line(x: torch.Tensor, y: torch.Tensor, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features,) and bias () of the line after so many steps from zeros."""
    w = torch.zeros(x.shape[1], 1, dtype=x.dtype, requires_grad=True)
    b = torch.zeros(1, dtype=x.dtype, requires_grad=True)
    for _ in range(steps):
        loss = (((x @ w + b).flatten() - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            for parameter in (w, b):
                parameter -= lr * parameter.grad
                parameter.grad = None
    return w.detach().flatten(), b.detach()


# %% wrong="fit_line: answers as a row; breaks: every prediction against every answer"
def fit_line(x: torch.Tensor, y: torch.Tensor, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features,) and bias () of the line after so many steps from zeros."""
    w = torch.zeros(x.shape[1], 1, dtype=x.dtype, requires_grad=True)
    b = torch.zeros((), dtype=x.dtype, requires_grad=True)
    for _ in range(steps):
        loss = ((x @ w + b - y[None, :]) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            for parameter in (w, b):
                parameter -= lr * parameter.grad
                parameter.grad = None
    return w.detach().flatten(), b.detach()


# %% wrong="fit_line: keeps the table, sums over rows; breaks: each row has one error"
def fit_line(x: torch.Tensor, y: torch.Tensor, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features,) and bias () of the line after so many steps from zeros."""
    w = torch.zeros(x.shape[1], 1, dtype=x.dtype, requires_grad=True)
    b = torch.zeros((), dtype=x.dtype, requires_grad=True)
    for _ in range(steps):
        loss = ((x @ w + b - y) ** 2).sum(dim=0).mean()
        loss.backward()
        with torch.no_grad():
            for parameter in (w, b):
                parameter -= lr * parameter.grad
                parameter.grad = None
    return w.detach().flatten(), b.detach()


# %% wrong="fit_line: features averaged; breaks: x is (n, features)"
def fit_line(x: torch.Tensor, y: torch.Tensor, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features,) and bias () of the line after so many steps from zeros."""
    w = torch.zeros(x.shape[1], 1, dtype=x.dtype, requires_grad=True)
    b = torch.zeros((), dtype=x.dtype, requires_grad=True)
    for _ in range(steps):
        loss = (((x @ w + b).flatten() - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            for parameter in (w, b):
                parameter -= lr * parameter.grad
                parameter.grad = None
    return w.detach().flatten().mean().repeat(x.shape[1]), b.detach()
