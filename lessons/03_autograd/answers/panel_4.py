# Answers by a panel that read only the released notebook: what `course audit` grades and counts apart. No student sees them.

# %% right="differences: the second derivative as a difference of two one-sided slopes"
def differences(f, x: float, h: float) -> tuple[float, float, float]:
    """The forward difference, the central one, and the second derivative of f at x, with steps of length h."""
    forward = (f(x + h) - f(x)) / h
    central = (f(x + h) - f(x - h)) / (h + h)
    second = ((f(x + h) - f(x)) - (f(x) - f(x - h))) / h**2
    return forward, central, second


# %% right="differences: calls f three times only, by a tuple"
def differences(f, x: float, h: float) -> tuple[float, float, float]:
    """The forward difference, the central one, and the second derivative of f at x, with steps of length h."""
    left, middle, right = (f(place) for place in (x - h, x, x + h))
    forward = (right - middle) / h
    central = (right - left) / (2 * h)
    second = (math.fsum((left, -2 * middle, right))) / (h * h)
    return forward, central, second


# %% right="differences: the central one as the mean of forward and backward"
def differences(f, x: float, h: float) -> tuple[float, float, float]:
    """The forward difference, the central one, and the second derivative of f at x, with steps of length h."""
    forward = (-f(x) + f(x + h)) / h
    backward = (f(x) - f(x - h)) / h
    central = (forward + backward) / (2)
    second = (forward - backward) / h
    return forward, central, second


# %% wrong="differences: second divides by h / 2 in place of h squared; breaks: the formula for the second derivative, seen with any h but one half"
def differences(f, x: float, h: float) -> tuple[float, float, float]:
    """The forward difference, the central one, and the second derivative of f at x, with steps of length h."""
    forward = (f(x + h) - f(x)) / h
    central = (f(x + h) - f(x - h)) / (2 * h)
    second = (f(x + h) - 2 * f(x) + f(x - h)) / (h / 2)
    return forward, central, second


# %% wrong="differences: the second derivative looks at x, x + h and x + 2 h; breaks: f(x+h) - 2 f(x) + f(x-h), seen with a cubic"
def differences(f, x: float, h: float) -> tuple[float, float, float]:
    """The forward difference, the central one, and the second derivative of f at x, with steps of length h."""
    forward = (f(x + h) - f(x)) / h
    central = (f(x + h) - f(x - h)) / (2 * h)
    second = (f(x + 2 * h) - 2 * f(x + h) + f(x)) / h**2
    return forward, central, second


# %% wrong="differences: the central one steps half of h to each side; breaks: steps of length h, seen with a cubic"
def differences(f, x: float, h: float) -> tuple[float, float, float]:
    """The forward difference, the central one, and the second derivative of f at x, with steps of length h."""
    forward = (f(x + h) - f(x)) / h
    central = (f(x + h / 2) - f(x - h / 2)) / (h)
    second = (f(x + h) - 2 * f(x) + f(x - h)) / h**2
    return forward, central, second


# %% wrong="differences: returns tensors; breaks: plain Python numbers, seen with any input"
def differences(f, x: float, h: float) -> tuple[float, float, float]:
    """The forward difference, the central one, and the second derivative of f at x, with steps of length h."""
    x = torch.tensor(x, dtype=torch.float64)
    forward = (f(x + h) - f(x)) / h
    central = (f(x + h) - f(x - h)) / (2 * h)
    second = (f(x + h) - 2 * f(x) + f(x - h)) / h**2
    return forward, central, second


# %% wrong="differences: the central one is divided by 1, which is 2 h in the example only; breaks: the central formula, seen with h = 0.1"
def differences(f, x: float, h: float) -> tuple[float, float, float]:
    """The forward difference, the central one, and the second derivative of f at x, with steps of length h."""
    forward = (f(x + h) - f(x)) / h
    central = (f(x + h) - f(x - h)) / (1.0)
    second = (f(x + h) - 2 * f(x) + f(x - h)) / h**2
    return forward, central, second


# %% right="numeric_gradient: two fresh copies for each place"
def numeric_gradient(f, x: np.ndarray, h: float) -> np.ndarray:
    """The gradient of f at x, in the shape of x."""
    slopes_here = np.empty(x.shape)
    for place in np.ndindex(x.shape):
        above, below = np.array(x, dtype=np.float64), np.array(x, dtype=np.float64)
        above[place] += h
        below[place] -= h
        slopes_here[place] = (f(above) - f(below)) / (2 * h)
    return slopes_here


def directional(f, x: np.ndarray, direction: np.ndarray, h: float) -> float:
    """How fast f changes at x for each unit of length in this direction."""
    walked = h / math.sqrt(float(np.square(direction).sum())) * np.asarray(direction, dtype=np.float64)
    return float(f(np.asarray(x + walked)) - f(np.asarray(x - walked))) / (2 * h)


# %% right="numeric_gradient: rows of a unit matrix, reshaped, as steps"
def numeric_gradient(f, x: np.ndarray, h: float) -> np.ndarray:
    """The gradient of f at x, in the shape of x."""
    moves = h * np.eye(x.size).reshape(x.size, *x.shape)
    both = [(f(np.array(x + move)), f(np.array(x - move))) for move in moves]
    return np.array([(up - down) / (2 * h) for up, down in both], dtype=np.float64).reshape(x.shape)


def directional(f, x: np.ndarray, direction: np.ndarray, h: float) -> float:
    """How fast f changes at x for each unit of length in this direction."""
    unit = direction / np.linalg.norm(np.ravel(direction))
    up, down = [f(np.array(x + sign * h * unit)) for sign in (1, -1)]
    return float((up - down) / (2 * h))


# %% right="numeric_gradient: one own copy, moved through flat and put back; the direction as a function of one number"
def numeric_gradient(f, x: np.ndarray, h: float) -> np.ndarray:
    """The gradient of f at x, in the shape of x."""
    mine = np.array(x, dtype=np.float64, order="C")
    answer = np.zeros_like(mine)
    for number in range(mine.size):
        old = mine.flat[number]
        mine.flat[number] = old + h
        up = f(mine)
        mine.flat[number] = old - h
        answer.flat[number] = (up - f(mine)) / (2 * h)
        mine.flat[number] = old
    return answer


def directional(f, x: np.ndarray, direction: np.ndarray, h: float) -> float:
    """How fast f changes at x for each unit of length in this direction."""
    unit = direction / np.sqrt((direction * direction).sum())
    along = lambda t: f(np.asarray(x + t * unit))
    return float(numeric_gradient(along, np.array(0.0), h))


# %% wrong="numeric_gradient: reshape(-1) of a copy in the order of x is itself a copy, so nothing moves; breaks: x may be a transposed one, seen there as zeros"
def numeric_gradient(f, x: np.ndarray, h: float) -> np.ndarray:
    """The gradient of f at x, in the shape of x."""
    moved = np.copy(x)
    flat = moved.reshape(-1)
    answer = np.zeros(x.size)
    for i in range(x.size):
        old = flat[i]
        flat[i] = old + h
        up = f(moved)
        flat[i] = old - h
        down = f(moved)
        flat[i] = old
        answer[i] = (up - down) / (2 * h)
    return answer.reshape(x.shape)


def directional(f, x: np.ndarray, direction: np.ndarray, h: float) -> float:
    """How fast f changes at x for each unit of length in this direction."""
    unit = direction / np.sqrt((direction**2).sum())
    return (f(np.array(x + h * unit)) - f(np.array(x - h * unit))) / (2 * h)


# %% wrong="numeric_gradient: walks h times the whole direction and divides by its length afterwards; breaks: steps of length h, seen with a cubic and a long direction"
def numeric_gradient(f, x: np.ndarray, h: float) -> np.ndarray:
    """The gradient of f at x, in the shape of x."""
    answer = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        move = np.zeros(x.shape)
        move[place] = h
        answer[place] = (f(np.array(x + move)) - f(np.array(x - move))) / (2 * h)
    return answer


def directional(f, x: np.ndarray, direction: np.ndarray, h: float) -> float:
    """How fast f changes at x for each unit of length in this direction."""
    length = np.sqrt((direction**2).sum())
    return (f(np.array(x + h * direction)) - f(np.array(x - h * direction))) / (2 * h * length)


# %% wrong="numeric_gradient: the length is np.linalg.norm with 2, the largest singular value of a table; breaks: any shape, each unit of length, seen with a direction (2, 3)"
def numeric_gradient(f, x: np.ndarray, h: float) -> np.ndarray:
    """The gradient of f at x, in the shape of x."""
    answer = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        move = np.zeros(x.shape)
        move[place] = h
        answer[place] = (f(np.array(x + move)) - f(np.array(x - move))) / (2 * h)
    return answer


def directional(f, x: np.ndarray, direction: np.ndarray, h: float) -> float:
    """How fast f changes at x for each unit of length in this direction."""
    unit = direction / np.linalg.norm(direction, 2)
    return (f(np.array(x + h * unit)) - f(np.array(x - h * unit))) / (2 * h)


# %% wrong="numeric_gradient: one loop over len(x) moves whole rows; breaks: any shape, in the shape of x, seen with (2, 3) and with ()"
def numeric_gradient(f, x: np.ndarray, h: float) -> np.ndarray:
    """The gradient of f at x, in the shape of x."""
    answer = np.zeros(len(x))
    for i in range(len(x)):
        above, below = x.copy(), x.copy()
        above[i] += h
        below[i] -= h
        answer[i] = (f(above) - f(below)) / (2 * h)
    return answer


def directional(f, x: np.ndarray, direction: np.ndarray, h: float) -> float:
    """How fast f changes at x for each unit of length in this direction."""
    unit = direction / np.sqrt((direction**2).sum())
    return (f(np.array(x + h * unit)) - f(np.array(x - h * unit))) / (2 * h)


# %% wrong="numeric_gradient: scales the direction in place; breaks: it leaves its inputs unchanged, seen with any direction that is not of length 1"
def numeric_gradient(f, x: np.ndarray, h: float) -> np.ndarray:
    """The gradient of f at x, in the shape of x."""
    answer = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        move = np.zeros(x.shape)
        move[place] = h
        answer[place] = (f(np.array(x + move)) - f(np.array(x - move))) / (2 * h)
    return answer


def directional(f, x: np.ndarray, direction: np.ndarray, h: float) -> float:
    """How fast f changes at x for each unit of length in this direction."""
    direction /= np.sqrt((direction**2).sum())
    return (f(np.array(x + h * direction)) - f(np.array(x - h * direction))) / (2 * h)


# %% right="tables_of_slopes: columns side by side; four corners for each second slope"
def jacobian(f, x: np.ndarray) -> np.ndarray:
    """The Jacobian (m, n) of f at x (n,)."""
    moves = 1e-5 * np.eye(len(x))
    return np.column_stack([(f(x + move) - f(x - move)) / 2e-5 for move in moves])


def hessian(f, x: np.ndarray) -> np.ndarray:
    """The Hessian (n, n) of f at x (n,)."""
    moves = 1e-4 * np.eye(len(x))
    return np.array(
        [[(f(x + a + b) - f(x + a - b) - f(x - a + b) + f(x - a - b)) / 4e-8 for b in moves] for a in moves]
    )


# %% right="tables_of_slopes: the Hessian as the Jacobian of the gradient, which is a Jacobian of one row"
def jacobian(f, x: np.ndarray) -> np.ndarray:
    """The Jacobian (m, n) of f at x (n,)."""
    h, columns = 1e-4, []
    for number in range(x.size):
        up, down = x.copy(), x.copy()
        up[number] += h
        down[number] -= h
        columns.append((np.asarray(f(up)) - np.asarray(f(down))) / (2 * h))
    return np.stack(columns, axis=1)


def hessian(f, x: np.ndarray) -> np.ndarray:
    """The Hessian (n, n) of f at x (n,)."""
    gradient_at = lambda v: jacobian(lambda u: np.array([f(u)]), v)[0]
    return jacobian(gradient_at, x)


# %% right="tables_of_slopes: two steps combined for more digits; lower triangle mirrored"
def jacobian(f, x: np.ndarray) -> np.ndarray:
    """The Jacobian (m, n) of f at x (n,)."""

    def column(move):
        wide = (f(x + move) - f(x - move)) / 2
        narrow = f(x + move / 2) - f(x - move / 2)
        return (4 * narrow - wide) / 3

    h = 1e-3
    return np.array([column(h * unit) / h for unit in np.eye(len(x))]).T


def hessian(f, x: np.ndarray) -> np.ndarray:
    """The Hessian (n, n) of f at x (n,)."""
    n, h, middle = len(x), 2e-4, f(x.copy())
    table = np.zeros((n, n))
    at = lambda i, a, j, b: f(x + h * (a * (np.arange(n) == i) + b * (np.arange(n) == j)))
    for i in range(n):
        table[i, i] = (at(i, 1, i, 0) - 2 * middle + at(i, -1, i, 0)) / h**2
        for j in range(i):
            table[i, j] = (at(i, 1, j, 1) - at(i, 1, j, -1) - at(i, -1, j, 1) + at(i, -1, j, -1)) / (4 * h**2)
            table[j, i] = table[i, j]
    return table


# %% wrong="tables_of_slopes: the diagonal of the Hessian stays zero; breaks: the second derivatives by one input twice, seen with anything but the saddle"
def jacobian(f, x: np.ndarray) -> np.ndarray:
    """The Jacobian (m, n) of f at x (n,)."""
    moves = 1e-5 * np.eye(len(x))
    return np.stack([(f(x + move) - f(x - move)) / 2e-5 for move in moves], axis=1)


def hessian(f, x: np.ndarray) -> np.ndarray:
    """The Hessian (n, n) of f at x (n,)."""
    n, h = len(x), 1e-4
    moves, table = h * np.eye(n), np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1, n):
            a, b = moves[i], moves[j]
            value = (f(x + a + b) - f(x + a - b) - f(x - a + b) + f(x - a - b)) / (4 * h**2)
            table[i, j] = table[j, i] = value
    return table


# %% wrong="tables_of_slopes: the Hessian by forward steps of 0.1, right for squares only; breaks: four correct digits, seen with a sine"
def jacobian(f, x: np.ndarray) -> np.ndarray:
    """The Jacobian (m, n) of f at x (n,)."""
    moves = 1e-5 * np.eye(len(x))
    return np.stack([(f(x + move) - f(x - move)) / 2e-5 for move in moves], axis=1)


def hessian(f, x: np.ndarray) -> np.ndarray:
    """The Hessian (n, n) of f at x (n,)."""
    h = 0.1
    moves = h * np.eye(len(x))
    return np.array([[(f(x + a + b) - f(x + a) - f(x + b) + f(x)) / h**2 for b in moves] for a in moves])


# %% wrong="tables_of_slopes: moves the entries of x itself and never back; breaks: it leaves its inputs unchanged, seen with any x"
def jacobian(f, x: np.ndarray) -> np.ndarray:
    """The Jacobian (m, n) of f at x (n,)."""
    h, columns = 1e-6, []
    for j in range(len(x)):
        x[j] += h
        up = f(x)
        x[j] -= 2 * h
        down = f(x)
        columns.append((up - down) / (2 * h))
    return np.stack(columns, axis=1)


def hessian(f, x: np.ndarray) -> np.ndarray:
    """The Hessian (n, n) of f at x (n,)."""
    moves = 1e-4 * np.eye(len(x))
    return np.array(
        [[(f(x + a + b) - f(x + a - b) - f(x - a + b) + f(x - a - b)) / 4e-8 for b in moves] for a in moves]
    )


# %% wrong="tables_of_slopes: squeezes the tables; breaks: the shape (m, n), any size (one output, one input), seen with one output"
def jacobian(f, x: np.ndarray) -> np.ndarray:
    """The Jacobian (m, n) of f at x (n,)."""
    moves = 1e-5 * np.eye(len(x))
    return np.squeeze(np.array([(f(x + move) - f(x - move)) / 2e-5 for move in moves]).T)


def hessian(f, x: np.ndarray) -> np.ndarray:
    """The Hessian (n, n) of f at x (n,)."""
    moves = 1e-4 * np.eye(len(x))
    table = [[(f(x + a + b) - f(x + a - b) - f(x - a + b) + f(x - a - b)) / 4e-8 for b in moves] for a in moves]
    return np.squeeze(np.array(table))


# %% wrong="tables_of_slopes: steps of 1e-8 for second derivatives; breaks: four correct digits, seen as noise of about 1 in the Hessian"
def jacobian(f, x: np.ndarray) -> np.ndarray:
    """The Jacobian (m, n) of f at x (n,)."""
    moves = 1e-8 * np.eye(len(x))
    return np.stack([(f(x + move) - f(x - move)) / 2e-8 for move in moves], axis=1)


def hessian(f, x: np.ndarray) -> np.ndarray:
    """The Hessian (n, n) of f at x (n,)."""
    h = 1e-8
    moves = h * np.eye(len(x))
    return np.array([[(f(x + a + b) - f(x + a) - f(x + b) + f(x)) / h**2 for b in moves] for a in moves])


# %% right="cubic: a sum of four terms, one dot product for each slope; clones the result"
def cubic_by_hand(x: np.ndarray, y: np.ndarray, c: np.ndarray, lr: float, steps: int) -> np.ndarray:
    """The coefficients (4,) after so many steps from c, for points x and y (n,)."""
    powers = np.stack([x**k for k in range(4)])  # (4, n)
    for _ in range(steps):
        error = sum(c[k] * powers[k] for k in range(4)) - y
        slope = np.array([2 * np.dot(error, power) for power in powers])
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
        c.grad = None
    return c.detach().clone()


# %% right="cubic: the error with the other sign and minus in the slope; clears with zeros"
def cubic_by_hand(x: np.ndarray, y: np.ndarray, c: np.ndarray, lr: float, steps: int) -> np.ndarray:
    """The coefficients (4,) after so many steps from c, for points x and y (n,)."""
    powers = np.stack([x**k for k in range(4)])  # (4, n)
    for _ in range(steps):
        error = y - powers.T @ c
        slope = -2 * (powers * error).sum(axis=1)
        c = c - lr * slope
    return c


def cubic_by_autograd(x: torch.Tensor, y: torch.Tensor, c: torch.Tensor, lr: float, steps: int) -> torch.Tensor:
    """The same, with slopes from autograd."""
    powers = torch.stack([x**k for k in range(4)])
    c = c.detach().clone().requires_grad_(True)
    for _ in range(steps):
        loss = ((c @ powers - y) ** 2).sum()
        loss.backward(torch.ones_like(loss))
        with torch.no_grad():
            c -= lr * c.grad
        c.grad = torch.zeros_like(c)
    return c.detach()


# %% right="cubic: einsum and polyval by hand; a detached copy by data"
def cubic_by_hand(x: np.ndarray, y: np.ndarray, c: np.ndarray, lr: float, steps: int) -> np.ndarray:
    """The coefficients (4,) after so many steps from c, for points x and y (n,)."""
    powers = np.stack([x**k for k in range(4)])  # (4, n)
    for _ in range(steps):
        error = np.polynomial.polynomial.polyval(x, c) - y
        slope = np.einsum("kn,n->k", powers, error + error)
        c = c - lr * slope
    return c


def cubic_by_autograd(x: torch.Tensor, y: torch.Tensor, c: torch.Tensor, lr: float, steps: int) -> torch.Tensor:
    """The same, with slopes from autograd."""
    powers = torch.stack([x**k for k in range(4)])
    c = c.data.clone().requires_grad_()
    for _ in range(steps):
        loss = ((c @ powers - y) ** 2).sum()
        loss.backward()
        with torch.autograd.no_grad():
            c -= lr * c.grad
        c.grad = None
    return c.data


# %% wrong="cubic: the slope by hand is the mean over the points; breaks: the sum of the squared errors, seen with more than one point"
def cubic_by_hand(x: np.ndarray, y: np.ndarray, c: np.ndarray, lr: float, steps: int) -> np.ndarray:
    """The coefficients (4,) after so many steps from c, for points x and y (n,)."""
    powers = np.stack([x**k for k in range(4)])  # (4, n)
    for _ in range(steps):
        error = c @ powers - y
        slope = 2 * (powers * error).mean(axis=1)
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


# %% wrong="cubic: the slope by hand forgets the powers of x; breaks: the slope with respect to c_k, seen with points other than 1"
def cubic_by_hand(x: np.ndarray, y: np.ndarray, c: np.ndarray, lr: float, steps: int) -> np.ndarray:
    """The coefficients (4,) after so many steps from c, for points x and y (n,)."""
    powers = np.stack([x**k for k in range(4)])  # (4, n)
    for _ in range(steps):
        error = c @ powers - y
        slope = 2 * error.sum()
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


# %% wrong="cubic: the gradient is never cleared; breaks: gradient descent, the same as by hand, seen with two steps"
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
        c.grad = c.grad.detach()
    return c.detach()


# %% wrong="cubic: detach without clone shares the memory of the start; breaks: the start c must not be changed, seen with any c"
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


# %% wrong="cubic: what comes back still requires a gradient and has a past; breaks: plain numbers, without a diary, seen with any input"
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


# %% right="jacobian_rows: one graph, kept, and one unit vector for each row"
def weighted(f, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """The gradient (n,) of v · f(x) at x (n,), for weights v (m,)."""
    leaf = x.detach().clone().requires_grad_()
    (slope,) = torch.autograd.grad(f(leaf), leaf, grad_outputs=v)
    return slope.detach()


def rows(f, x: torch.Tensor) -> torch.Tensor:
    """The Jacobian (m, n) of f at x (n,)."""
    leaf = x.detach().clone().requires_grad_()
    y = f(leaf)
    found = []
    for unit in torch.eye(len(y), dtype=y.dtype):
        found.append(torch.autograd.grad(y, leaf, unit, retain_graph=True)[0])
    return torch.stack(found)


# %% right="jacobian_rows: the ready-made functions of torch"
def weighted(f, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """The gradient (n,) of v · f(x) at x (n,), for weights v (m,)."""
    _, slope = torch.autograd.functional.vjp(f, x.detach().clone(), v)
    return slope.detach()


def rows(f, x: torch.Tensor) -> torch.Tensor:
    """The Jacobian (m, n) of f at x (n,)."""
    return torch.autograd.functional.jacobian(f, x.detach().clone(), vectorize=False).detach()


# %% right="jacobian_rows: a new leaf and a new call for each row, written into a table of the same type"
def weighted(f, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """The gradient (n,) of v · f(x) at x (n,), for weights v (m,)."""
    mine = x.clone().detach()
    mine.requires_grad = True
    (v * f(mine)).sum().backward()
    return mine.grad


def rows(f, x: torch.Tensor) -> torch.Tensor:
    """The Jacobian (m, n) of f at x (n,)."""
    with torch.no_grad():
        m = f(x.clone()).shape[0]
    table = x.new_zeros(m, x.shape[0])
    for number in range(m):
        mine = x.clone().detach().requires_grad_()
        f(mine)[number].backward()
        table[number] = mine.grad
    return table


# %% wrong="jacobian_rows: create_graph leaves a past on the results; breaks: its result holds no autograd graph, seen with any f that bends"
def weighted(f, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """The gradient (n,) of v · f(x) at x (n,), for weights v (m,)."""
    leaf = x.detach().clone().requires_grad_()
    return torch.autograd.grad(f(leaf) @ v, leaf, create_graph=True)[0]


def rows(f, x: torch.Tensor) -> torch.Tensor:
    """The Jacobian (m, n) of f at x (n,)."""
    leaf = x.detach().clone().requires_grad_()
    y = f(leaf)
    return torch.stack([torch.autograd.grad(one, leaf, create_graph=True)[0] for one in y])


# %% wrong="jacobian_rows: the table is float32 always; breaks: returns tensors of the same type, seen with float64"
def weighted(f, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """The gradient (n,) of v · f(x) at x (n,), for weights v (m,)."""
    leaf = x.detach().clone().requires_grad_()
    f(leaf).backward(v)
    return leaf.grad


def rows(f, x: torch.Tensor) -> torch.Tensor:
    """The Jacobian (m, n) of f at x (n,)."""
    leaf = x.detach().clone().requires_grad_()
    y = f(leaf)
    table = torch.zeros(len(y), len(x))
    for i in range(len(y)):
        table[i] = torch.autograd.grad(y[i], leaf, retain_graph=True)[0]
    return table


# %% wrong="jacobian_rows: squeezes the table; breaks: (m, n), any size (one output, one input), seen with one output"
def weighted(f, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """The gradient (n,) of v · f(x) at x (n,), for weights v (m,)."""
    leaf = x.detach().clone().requires_grad_()
    f(leaf).backward(v)
    return leaf.grad


def rows(f, x: torch.Tensor) -> torch.Tensor:
    """The Jacobian (m, n) of f at x (n,)."""
    leaf = x.detach().clone().requires_grad_()
    y = f(leaf)
    return torch.stack([torch.autograd.grad(one, leaf, retain_graph=True)[0] for one in y]).squeeze()


# %% wrong="jacobian_rows: as many rows as there are inputs; breaks: the whole Jacobian (m, n), seen with two outputs of three inputs"
def weighted(f, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """The gradient (n,) of v · f(x) at x (n,), for weights v (m,)."""
    leaf = x.detach().clone().requires_grad_()
    f(leaf).backward(v)
    return leaf.grad


def rows(f, x: torch.Tensor) -> torch.Tensor:
    """The Jacobian (m, n) of f at x (n,)."""
    n = len(x)
    table = torch.zeros(n, n, dtype=x.dtype)
    for i in range(n):
        v = torch.zeros(n, dtype=x.dtype)
        v[i] = 1
        table[i] = weighted(f, x, v)
    return table


# %% wrong="jacobian_rows: a list of the rows; breaks: it returns one tensor, not a list of its rows, seen with any f"
def weighted(f, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """The gradient (n,) of v · f(x) at x (n,), for weights v (m,)."""
    leaf = x.detach().clone().requires_grad_()
    f(leaf).backward(v)
    return leaf.grad


def rows(f, x: torch.Tensor) -> torch.Tensor:
    """The Jacobian (m, n) of f at x (n,)."""
    leaf = x.detach().clone().requires_grad_()
    y = f(leaf)
    return [torch.autograd.grad(one, leaf, retain_graph=True)[0] for one in y]


# %% right="both_ways: unbinds the tensor before the call"
def both_ways(formulas: list[str], names: str, point: list[float]) -> tuple[torch.Tensor, torch.Tensor]:
    """The Jacobian of the formulas at a point, by algebra and by torch, in float64."""
    symbols = sympy.symbols(names, seq=True)
    table = sympy.Matrix([sympy.sympify(formula) for formula in formulas])
    exact = table.jacobian(list(symbols))
    there = exact.subs(dict(zip(symbols, point, strict=True)))
    f = sympy.lambdify(symbols, list(table), modules=[torch])
    x = torch.tensor(point, dtype=torch.float64)
    by_torch = torch.autograd.functional.jacobian(lambda v: torch.stack(tuple(f(*v.unbind()))), x)
    return torch.tensor(np.array(there.tolist(), dtype=float)), by_torch


# %% right="both_ways: joins the outputs by cat, and takes a constant formula too"
def both_ways(formulas: list[str], names: str, point: list[float]) -> tuple[torch.Tensor, torch.Tensor]:
    """The Jacobian of the formulas at a point, by algebra and by torch, in float64."""
    symbols = sympy.symbols(names, seq=True)
    table = sympy.Matrix([sympy.sympify(formula) for formula in formulas])
    exact = table.jacobian(sympy.Matrix(symbols))
    there = exact.subs(dict(zip(symbols, [float(one) for one in point], strict=True)))
    f = sympy.lambdify(symbols, list(table), modules=[torch])
    x = torch.tensor(point, dtype=torch.float64)
    slopes_of = torch.autograd.functional.jacobian
    by_torch = slopes_of(lambda v: torch.cat([torch.as_tensor(one, dtype=v.dtype).reshape(1) for one in f(*v)]), x)
    return torch.tensor(np.array(there.tolist(), dtype=float)), by_torch


# %% right="both_ways: differentiates each formula by each letter on its own"
def both_ways(formulas: list[str], names: str, point: list[float]) -> tuple[torch.Tensor, torch.Tensor]:
    """The Jacobian of the formulas at a point, by algebra and by torch, in float64."""
    symbols = sympy.symbols(names, seq=True)
    table = sympy.Matrix([sympy.sympify(formula) for formula in formulas])
    exact = sympy.Matrix([[sympy.diff(entry, symbol) for symbol in symbols] for entry in table])
    there = exact.subs(dict(zip(symbols, point, strict=True)))
    f = sympy.lambdify(symbols, list(table), modules=[torch])
    x = torch.tensor(point, dtype=torch.float64)
    by_torch = torch.autograd.functional.jacobian(lambda v: torch.stack([one for one in f(*v)]), x.clone())
    return torch.tensor(np.array(there.tolist(), dtype=float)), by_torch.detach()


# %% wrong="both_ways: puts the point in by the alphabet; breaks: by algebra at the point, seen with the names y x"
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


# %% wrong="both_ways: asks torch to record the Jacobian too; breaks: its result holds no autograd graph, seen with any formula that bends"
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


# %% wrong="both_ways: torch gets the point in float32; breaks: in float64, seen in the type and the digits of a sine"
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


# %% wrong="both_ways: columns for the letters that occur only; breaks: a column for each input, seen with x**2 and the names x y"
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


# %% wrong="both_ways: hands exactly two numbers on; breaks: the formulas may have any names, seen with three letters or one"
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


# %% right="in_pieces: split, and each piece's loss scaled by its share of the rows"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""
    total = 0.0
    for xb, yb in zip(x.split(size), y.split(size), strict=True):
        part = loss_of(w, xb, yb) * (len(xb) / len(x))
        part.backward()
        total += part.item()
    return total


# %% right="in_pieces: sums slopes of its own by autograd.grad and adds them at the end"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""
    n, slope, losses = x.shape[0], torch.zeros_like(w, requires_grad=False), []
    for begin in range(0, n, size):
        xb, yb = x[begin : begin + size], y[begin : begin + size]
        loss = loss_of(w, xb, yb)
        slope = slope + torch.autograd.grad(loss, w)[0] * xb.shape[0]
        losses.append(float(loss.detach()) * xb.shape[0])
        del loss
    slope = (slope / n).detach()
    w.grad = slope if w.grad is None else w.grad + slope
    return math.fsum(losses) / n


# %% right="in_pieces: begins the walk back with the share instead of 1"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""

    def one_piece(xb, yb):
        loss = loss_of(w, xb, yb)
        loss.backward(gradient=torch.full_like(loss, len(yb) / len(y)))
        return loss.item() * len(yb)

    done, total = 0, 0.0
    while done < len(y):
        total += one_piece(x[done : done + size], y[done : done + size])
        done += size
    return total / len(y)


# %% wrong="in_pieces: adds all losses up and walks back once; breaks: walk back after each piece, only one piece in memory, seen with two pieces"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""
    total = 0.0
    for xb, yb in zip(x.split(size), y.split(size)):
        total = total + loss_of(w, xb, yb) * len(xb) / len(x)
    total.backward()
    return total.item()


# %% wrong="in_pieces: clears the gradient first; breaks: what w.grad held before stays in the sum, seen with an old gradient"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""
    w.grad = None
    total = 0.0
    for xb, yb in zip(x.split(size), y.split(size)):
        loss = loss_of(w, xb, yb) * len(xb) / len(x)
        loss.backward()
        total += loss.item()
    return total


# %% wrong="in_pieces: returns a tensor; breaks: a plain number, seen with any input"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""
    total = 0.0
    for xb, yb in zip(x.split(size), y.split(size)):
        loss = loss_of(w, xb, yb) * len(xb) / len(x)
        loss.backward()
        total += loss.detach()
    return total


# %% wrong="in_pieces: divides w.grad by n at the end, the old part too; breaks: what w.grad held before stays in the sum, seen with an old gradient"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""
    total = 0.0
    for xb, yb in zip(x.split(size), y.split(size)):
        loss = loss_of(w, xb, yb) * len(xb)
        loss.backward()
        total += loss.item()
    w.grad = w.grad / len(x)
    return total / len(x)


# %% wrong="in_pieces: asks for the loss of all rows at once in the end; breaks: no more than size rows at once, seen in what loss_of is shown"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""
    for xb, yb in zip(x.split(size), y.split(size)):
        (loss_of(w, xb, yb) * len(xb) / len(x)).backward()
    with torch.no_grad():
        return loss_of(w, x, y).item()


# %% right="read_off: the row with the largest slope in size"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    return torch.sigmoid(logits).sub(grad, alpha=len(grad))


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    strongest = max(range(len(grad_b)), key=lambda number: abs(grad_b[number].item()))
    return grad_w[strongest] / grad_b[strongest]


# %% right="read_off: least squares by a dot product, each row weighted by its delta"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    chances = 0.5 * (1 + torch.tanh(logits / 2))
    return chances - grad * grad.numel()


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    scaled = grad_b / grad_b.abs().max()
    return (scaled @ grad_w) / (scaled @ grad_b)


# %% right="read_off: computes in float64 and goes back to the given type; keeps only strong rows and takes their mean"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    n = logits.shape[0]
    found = [torch.sigmoid(z.double()) - n * slope.double() for z, slope in zip(logits, grad, strict=True)]
    return torch.stack(found).to(logits.dtype)


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    size = grad_b.abs()
    strong = size >= 0.5 * size.max()
    shares = grad_w[strong].double() / grad_b[strong].double()[:, None]
    return shares.mean(dim=0).to(grad_w.dtype)


# %% wrong="read_off: always divides the first row; breaks: some entries of grad_b may be zero or tiny, seen with a zero in front"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    return torch.sigmoid(logits) - len(logits) * grad


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    return grad_w[0] / grad_b[0]


# %% wrong="read_off: takes the largest entry and not the largest in size; breaks: they have any sign, seen with one negative slope and a zero"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    return torch.sigmoid(logits) - len(logits) * grad


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    best = grad_b.argmax()
    return grad_w[best] / grad_b[best]


# %% wrong="read_off: divides the sums over the outputs; breaks: they may add up to nothing, seen with the slopes 1 and -1"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    return torch.sigmoid(logits) - len(logits) * grad


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    return grad_w.sum(dim=0) / grad_b.sum()


# %% wrong="read_off: labels from the sign of the slope only; breaks: the labels, from 0 to 1, seen with a label of 0.3"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    return (grad < 0).to(logits.dtype)


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    best = grad_b.abs().argmax()
    return grad_w[best] / grad_b[best]


# %% wrong="read_off: the mean is taken over two rows, as in the example; breaks: division by n, any size, seen with one row or four"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    return torch.sigmoid(logits) - 2 * grad


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    best = grad_b.abs().argmax()
    return grad_w[best] / grad_b[best]


# %% right="squares: multiplies with itself, walks back by a slice with a negative step"
def squares(x: float, times: int) -> tuple[float, float]:
    """What x becomes when it is squared so many times in a row, and the slope of that with respect to x."""
    values = [x]
    for _ in range(times):
        values.append(values[-1] * values[-1])
    slope = 1.0
    for value in list(values[:-1][::-1]):
        slope = slope * (value + value)
    return values[-1], slope


# %% right="squares: counts the first values, from front to back, since a product has no order"
def squares(x: float, times: int) -> tuple[float, float]:
    """What x becomes when it is squared so many times in a row, and the slope of that with respect to x."""
    values = [x]
    for number in range(times):
        values.append(pow(values[number], 2))
    slope = 1.0
    for value in iter(values[:times]):
        slope = slope * 2.0 * value
    return values[-1], slope


# %% right="squares: calls itself and multiplies the slopes of the inner chain and the last step"
def squares(x: float, times: int) -> tuple[float, float]:
    """What x becomes when it is squared so many times in a row, and the slope of that with respect to x."""
    if times == 0:
        return x, 1.0
    value, slope = squares(x, times - 1)
    return value * value, 2 * value * slope


# %% wrong="squares: walks back through two values, whatever times is; breaks: one local slope for each step, seen with three squarings"
def squares(x: float, times: int) -> tuple[float, float]:
    """What x becomes when it is squared so many times in a row, and the slope of that with respect to x."""
    values = [x]
    for _ in range(times):
        values.append(values[-1] ** 2)
    slope = 1.0
    for value in reversed(values[:2]):
        slope = slope * 2 * value
    return values[-1], slope


# %% wrong="squares: the slope is a tensor; breaks: plain Python numbers, seen with any input"
def squares(x: float, times: int) -> tuple[float, float]:
    """What x becomes when it is squared so many times in a row, and the slope of that with respect to x."""
    values = [x]
    for _ in range(times):
        values.append(values[-1] ** 2)
    slope = torch.tensor(1.0)
    for value in reversed(values[:-1]):
        slope = slope * 2 * value
    return values[-1], slope


# %% wrong="squares: adds the twos up instead of multiplying them; breaks: the slope of each square is 2 times the value, seen with three squarings"
def squares(x: float, times: int) -> tuple[float, float]:
    """What x becomes when it is squared so many times in a row, and the slope of that with respect to x."""
    values = [x]
    for _ in range(times):
        values.append(values[-1] ** 2)
    slope = 2.0 * times
    for value in reversed(values[:-1]):
        slope = slope * value
    return values[-1], slope


# %% wrong="squares: always multiplies by the first slope; breaks: with times 0 the slope is 1, seen with times 0"
def squares(x: float, times: int) -> tuple[float, float]:
    """What x becomes when it is squared so many times in a row, and the slope of that with respect to x."""
    values = [x]
    for _ in range(times):
        values.append(values[-1] ** 2)
    slope = 2 * x
    for value in reversed(values[1:-1]):
        slope = slope * 2 * value
    return values[-1], slope


# %% wrong="squares: takes 2 sqrt of the square as the slope, never negative; breaks: the slope at the value that arrived, seen with a negative x"
def squares(x: float, times: int) -> tuple[float, float]:
    """What x becomes when it is squared so many times in a row, and the slope of that with respect to x."""
    values = [x]
    for _ in range(times):
        values.append(values[-1] ** 2)
    slope = 1.0
    for value in reversed(values[1:]):
        slope = slope * 2 * math.sqrt(value)
    return values[-1], slope


# %% right="elementwise: division, a product of three and the sign of the difference"
def log_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = np.log(x)."""
    return (np.divide(grad, x),)


def sigmoid_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = 1 / (1 + np.exp(-x))."""
    return (grad * (out - out * out),)


def multiply_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x * y."""
    return np.multiply(y, grad), np.multiply(x, grad)


def maximum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = np.maximum(x, y), with ties halved."""
    share = np.where(x == y, 0.5, (x > y).astype(float))
    return share * grad, (1 - share) * grad


# %% right="elementwise: the reciprocal, nested where, the second share by its own comparison"
def log_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = np.log(x)."""
    return (grad * x**-1.0,)


def sigmoid_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = 1 / (1 + np.exp(-x))."""
    return (grad * (0.25 - (out - 0.5) ** 2),)


def multiply_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x * y."""
    return grad * y, x * grad


def maximum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = np.maximum(x, y), with ties halved."""
    share = np.where(x > y, 1.0, np.where(x < y, 0.0, 0.5))
    return share * grad, (np.where(y > x, 1.0, np.where(y < x, 0.0, 0.5))) * grad


# %% right="elementwise: loops over entries for the maximum, einsum for the product"
def log_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = np.log(x)."""
    return (grad / x,)


def sigmoid_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = 1 / (1 + np.exp(-x))."""
    return (grad * out * (1 - out),)


def multiply_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x * y."""
    return tuple(np.einsum("...,...->...", grad, other) for other in (y, x))


def maximum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = np.maximum(x, y), with ties halved."""
    to_x, to_y = np.zeros(grad.shape), np.zeros(grad.shape)
    for place in np.ndindex(grad.shape):
        winners = [to for to, one in ((to_x, x), (to_y, y)) if one[place] == out[place]]
        for to in winners:
            to[place] = grad[place] / len(winners)
    return to_x, to_y


# %% wrong="elementwise: the product hands each factor its own value; breaks: back through x * y, seen with any unequal x and y"
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


# %% wrong="elementwise: the logarithm divides by its result; breaks: back through np.log(x), seen with any x"
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


# %% wrong="elementwise: the sigmoid puts its input in for its result; breaks: the slope is out (1 - out), seen with any x"
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


# %% wrong="elementwise: the product forgets grad; breaks: slopes of L and not of out, seen with a grad other than ones"
def log_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = np.log(x)."""
    return (grad / x,)


def sigmoid_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = 1 / (1 + np.exp(-x))."""
    return (grad * out * (1 - out),)


def multiply_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x * y."""
    return y, x


def maximum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = np.maximum(x, y), with ties halved."""
    share = np.where(x == y, 0.5, x > y)
    return share * grad, (1 - share) * grad


# %% wrong="elementwise: the logarithm divides grad in place; breaks: it leaves its inputs unchanged, seen with any grad"
def log_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = np.log(x)."""
    grad /= x
    return (grad,)


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


# %% right="unbroadcast: all axes at once, then a reshape"
def unbroadcast(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The slopes of an input of this shape, whose copies have the slopes grad."""
    missing = grad.ndim - len(shape)
    padded = (1,) * missing + tuple(shape)
    axes = tuple(axis for axis, size in enumerate(padded) if size == 1)
    return np.asarray(grad.sum(axis=axes, keepdims=True)).reshape(shape)


# %% right="unbroadcast: broadcasts the numbers of the input's places and counts with weights"
def unbroadcast(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The slopes of an input of this shape, whose copies have the slopes grad."""
    size = math.prod(shape)
    origin = np.broadcast_to(np.arange(size).reshape(shape), grad.shape)
    return np.bincount(origin.ravel(), weights=grad.ravel(), minlength=size).reshape(shape)


# %% right="unbroadcast: one axis at a time, from the right end, on a copy"
def unbroadcast(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The slopes of an input of this shape, whose copies have the slopes grad."""
    result = np.array(grad)
    for axis in range(-1, -len(shape) - 1, -1):
        if shape[axis] != result.shape[axis]:
            result = np.add.reduce(result, axis=axis, keepdims=True)
    while np.ndim(result) > len(shape):
        result = np.add.reduce(result, axis=0)
    return np.asarray(result)


# %% wrong="unbroadcast: sums over one axis that was put in and no more; breaks: missing axes on the left, seen with grad (2, 4, 3) and shape (3,)"
def unbroadcast(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The slopes of an input of this shape, whose copies have the slopes grad."""
    if grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return np.asarray(grad)


# %% wrong="unbroadcast: lines the shapes up at their left ends; breaks: lined up at their right ends, seen with grad (3, 3) and shape (3,)"
def unbroadcast(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The slopes of an input of this shape, whose copies have the slopes grad."""
    for axis, (here, wanted) in enumerate(zip(grad.shape, shape)):
        if here != wanted:
            grad = grad.sum(axis=axis, keepdims=True)
    if shape == ():
        return np.asarray(grad.sum())
    return grad.reshape(shape)


# %% wrong="unbroadcast: looks for a size of 1 in the last axis only; breaks: axes of size 1 are stretched, seen with grad (2, 3) and shape (1, 3)"
def unbroadcast(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The slopes of an input of this shape, whose copies have the slopes grad."""
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    if shape and shape[-1] == 1:
        grad = grad.sum(axis=-1, keepdims=True)
    return np.asarray(grad)


# %% wrong="unbroadcast: sums the stretched axes first, by their numbers in the input; breaks: lined up at their right ends, seen with grad (4, 2, 3) and shape (2, 1)"
def unbroadcast(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The slopes of an input of this shape, whose copies have the slopes grad."""
    for axis, size in enumerate(shape):
        if size == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    return np.asarray(grad)


# %% wrong="unbroadcast: adds the rows up in the first one, which is a part of grad; breaks: it leaves its inputs unchanged, seen with grad (2, 3) and shape (3,)"
def unbroadcast(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The slopes of an input of this shape, whose copies have the slopes grad."""
    while grad.ndim > len(shape):
        total = grad[0]
        for row in grad[1:]:
            total += row
        grad = np.asarray(total)
    for axis, size in enumerate(shape):
        if size == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad


# %% right="shape_changers: expand_dims, add.at and transposes"
def sum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, axis: int | None, keepdims: bool) -> tuple[np.ndarray]:
    """Back through out = x.sum(axis=axis, keepdims=keepdims)."""
    if axis is not None and not keepdims:
        grad = np.expand_dims(grad, axis)
    return (np.zeros(x.shape) + grad,)


def getitem_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, index) -> tuple[np.ndarray]:
    """Back through out = x[index]."""
    slopes_of_x = np.zeros(x.shape)
    np.add.at(slopes_of_x, index, grad)
    return (slopes_of_x,)


def matmul_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x @ y, for matrices (n, k) and (k, m)."""
    return np.dot(grad, y.T), np.dot(x.T, grad)


# %% right="shape_changers: picks the numbers of the places and counts them with weights; einsum"
def sum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, axis: int | None, keepdims: bool) -> tuple[np.ndarray]:
    """Back through out = x.sum(axis=axis, keepdims=keepdims)."""
    kept = x.sum(axis=axis, keepdims=True).shape
    return (np.ones(x.shape) * np.reshape(grad, kept),)


def getitem_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, index) -> tuple[np.ndarray]:
    """Back through out = x[index]."""
    places_picked = np.ravel(np.arange(x.size).reshape(x.shape)[index])
    return (np.bincount(places_picked, weights=np.ravel(grad), minlength=x.size).reshape(x.shape),)


def matmul_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x @ y, for matrices (n, k) and (k, m)."""
    return np.einsum("nm,km->nk", grad, y), np.einsum("nk,nm->km", x, grad)


# %% right="shape_changers: moves the axis to the front and fills; a loop over the picks; sums of outer products"
def sum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, axis: int | None, keepdims: bool) -> tuple[np.ndarray]:
    """Back through out = x.sum(axis=axis, keepdims=keepdims)."""
    answer = np.empty(x.shape)
    if axis is None:
        answer[...] = np.ravel(grad)[0]
    elif keepdims:
        answer[...] = grad
    else:
        np.moveaxis(answer, axis, 0)[...] = grad
    return (answer,)


def getitem_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, index) -> tuple[np.ndarray]:
    """Back through out = x[index]."""
    flat = [0.0] * x.size
    picked = np.arange(x.size).reshape(x.shape)[index]
    for place, slope in zip(np.ravel(picked), np.ravel(grad), strict=True):
        flat[place] += slope
    return (np.array(flat, dtype=float).reshape(x.shape),)


def matmul_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x @ y, for matrices (n, k) and (k, m)."""
    to_x, to_y = np.zeros(x.shape), np.zeros(y.shape)
    for column in range(grad.shape[1]):
        to_x += np.outer(grad[:, column], y[:, column])
    for row in range(grad.shape[0]):
        to_y += np.outer(x[row], grad[row])
    return to_x, to_y


# %% wrong="shape_changers: list.insert puts the axis in before the last one if it is -1; breaks: from the right if negative, seen with axis -1"
def sum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, axis: int | None, keepdims: bool) -> tuple[np.ndarray]:
    """Back through out = x.sum(axis=axis, keepdims=keepdims)."""
    if axis is not None and not keepdims:
        sizes = list(grad.shape)
        sizes.insert(axis, 1)
        grad = grad.reshape(sizes)
    return (np.ones(x.shape) * grad,)


def getitem_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, index) -> tuple[np.ndarray]:
    """Back through out = x[index]."""
    result = np.zeros(x.shape)
    np.add.at(result, index, grad)
    return (result,)


def matmul_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x @ y, for matrices (n, k) and (k, m)."""
    return grad @ y.T, x.T @ grad


# %% wrong="shape_changers: puts the axis in although it was kept; breaks: keepdims, seen with keepdims True and an axis"
def sum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, axis: int | None, keepdims: bool) -> tuple[np.ndarray]:
    """Back through out = x.sum(axis=axis, keepdims=keepdims)."""
    if axis is not None:
        grad = np.expand_dims(grad, axis)
    return (np.ones(x.shape) * grad,)


def getitem_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, index) -> tuple[np.ndarray]:
    """Back through out = x[index]."""
    result = np.zeros(x.shape)
    np.add.at(result, index, grad)
    return (result,)


def matmul_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x @ y, for matrices (n, k) and (k, m)."""
    return grad @ y.T, x.T @ grad


# %% wrong="shape_changers: loops over index and rows, which only an array of row numbers allows; breaks: a number, a slice, a mask, a tuple, seen with index 1"
def sum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, axis: int | None, keepdims: bool) -> tuple[np.ndarray]:
    """Back through out = x.sum(axis=axis, keepdims=keepdims)."""
    if axis is not None and not keepdims:
        grad = np.expand_dims(grad, axis)
    return (np.ones(x.shape) * grad,)


def getitem_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, index) -> tuple[np.ndarray]:
    """Back through out = x[index]."""
    result = np.zeros(x.shape)
    for place, row in zip(index, grad):
        result[place] += row
    return (result,)


def matmul_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x @ y, for matrices (n, k) and (k, m)."""
    return grad @ y.T, x.T @ grad


# %% wrong="shape_changers: the second slope is transposed; breaks: in the shape of the input (k, m), seen with any product"
def sum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, axis: int | None, keepdims: bool) -> tuple[np.ndarray]:
    """Back through out = x.sum(axis=axis, keepdims=keepdims)."""
    if axis is not None and not keepdims:
        grad = np.expand_dims(grad, axis)
    return (np.ones(x.shape) * grad,)


def getitem_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, index) -> tuple[np.ndarray]:
    """Back through out = x[index]."""
    result = np.zeros(x.shape)
    np.add.at(result, index, grad)
    return (result,)


def matmul_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x @ y, for matrices (n, k) and (k, m)."""
    return grad @ y.T, grad.T @ x


# %% wrong="shape_changers: the slopes of the product in swapped order; breaks: one array for each input in their order, seen with any product"
def sum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, axis: int | None, keepdims: bool) -> tuple[np.ndarray]:
    """Back through out = x.sum(axis=axis, keepdims=keepdims)."""
    if axis is not None and not keepdims:
        grad = np.expand_dims(grad, axis)
    return (np.ones(x.shape) * grad,)


def getitem_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, index) -> tuple[np.ndarray]:
    """Back through out = x[index]."""
    result = np.zeros(x.shape)
    np.add.at(result, index, grad)
    return (result,)


def matmul_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x @ y, for matrices (n, k) and (k, m)."""
    return x.T @ grad, grad @ y.T


# %% right="two_layers: other letters in the einsums, outputs ordered by hand, a sign in place of the bracket"
def softmax_loss(scores: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """The mean negative logarithm of the right classes' chances, and its slopes with respect to the scores (n, o)."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))  # the same chances, and no power is too large
    chances = powers / powers.sum(axis=-1)[:, None]
    rows = np.arange(len(labels))
    loss = -np.log(chances[rows, labels]).mean()
    delta = chances.copy()
    delta[rows, labels] -= 1.0
    return loss, 1 / scores.shape[0] * delta


def two_layers(x, labels, w1, b1, w2, b2) -> tuple[float, tuple[np.ndarray, ...]]:
    """The loss of the network, and its slopes with respect to w1, b1, w2 and b2."""
    before = x @ w1 + b1
    hidden = np.maximum(before, 0)
    loss, delta2 = softmax_loss(hidden @ w2 + b2, labels)
    grad_w2 = np.einsum("ij,ik->jk", hidden, delta2)
    grad_b2 = delta2.sum(axis=0)
    delta1 = np.einsum("ik,jk->ij", delta2, w2) * (np.sign(hidden))
    grad_w1 = np.einsum("ij,ik->kj", delta1, x)
    grad_b1 = np.einsum("ij->j", delta1)
    return loss, (grad_w1, grad_b1, grad_w2, grad_b2)


# %% right="two_layers: takes the right chances by take_along_axis and a table of truth; matrix products"
def softmax_loss(scores: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """The mean negative logarithm of the right classes' chances, and its slopes with respect to the scores (n, o)."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -np.take_along_axis(logs, labels[:, None], axis=1).mean()
    truth = np.eye(scores.shape[1])[labels]
    return loss, (np.exp(logs) - truth) / len(labels)


def two_layers(x, labels, w1, b1, w2, b2) -> tuple[float, tuple[np.ndarray, ...]]:
    """The loss of the network, and its slopes with respect to w1, b1, w2 and b2."""
    before = x @ w1 + b1
    hidden = before * (before > 0)
    loss, delta2 = softmax_loss(hidden @ w2 + b2, labels)
    delta1 = (delta2 @ w2.T) * (before > 0)
    return loss, (x.T @ delta1, delta1.sum(axis=0), hidden.T @ delta2, delta2.sum(axis=0))


# %% right="two_layers: one row at a time, added up"
def softmax_loss(scores: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """The mean negative logarithm of the right classes' chances, and its slopes with respect to the scores (n, o)."""
    n, total, delta = len(labels), 0.0, np.zeros(scores.shape)
    for row, (line, label) in enumerate(zip(scores, labels, strict=True)):
        powers = np.exp(line - line.max())
        delta[row] = powers / powers.sum()
        total -= math.log(delta[row, label])
        delta[row, label] -= 1
    return total / n, delta / n


def two_layers(x, labels, w1, b1, w2, b2) -> tuple[float, tuple[np.ndarray, ...]]:
    """The loss of the network, and its slopes with respect to w1, b1, w2 and b2."""
    before = x @ w1 + b1
    hidden = np.where(before > 0, before, 0.0)
    loss, delta2 = softmax_loss(hidden @ w2 + b2, labels)
    grads = [np.zeros(one.shape) for one in (w1, b1, w2, b2)]
    for row in range(len(x)):
        delta1 = np.where(before[row] > 0, w2 @ delta2[row], 0.0)
        grads[0] += np.outer(x[row], delta1)
        grads[1] += delta1
        grads[2] += np.outer(hidden[row], delta2[row])
        grads[3] += delta2[row]
    return loss, tuple(grads)


# %% wrong="two_layers: divides by the sum of the whole table; breaks: softmax makes chances of each row, seen with two rows"
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


# %% wrong="two_layers: the slopes are not divided by the number of rows; breaks: the n below the slope of the scores, seen with two rows"
def softmax_loss(scores: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """The mean negative logarithm of the right classes' chances, and its slopes with respect to the scores (n, o)."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))  # the same chances, and no power is too large
    chances = powers / powers.sum(axis=1, keepdims=True)
    rows = np.arange(len(labels))
    loss = -np.log(chances[rows, labels]).mean()
    delta = chances.copy()
    delta[rows, labels] -= 1
    return loss, 1 / 1.0 * delta


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


# %% wrong="two_layers: a colon in place of the row numbers; breaks: the chance of the right class of each row, seen with two rows"
def softmax_loss(scores: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """The mean negative logarithm of the right classes' chances, and its slopes with respect to the scores (n, o)."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))  # the same chances, and no power is too large
    chances = powers / powers.sum(axis=1, keepdims=True)
    rows = np.arange(len(labels))
    loss = -np.log(chances[:, labels]).mean()
    delta = chances.copy()
    delta[:, labels] -= 1
    return loss, 1 / len(rows) * delta


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


# %% wrong="two_layers: multiplies by the hidden values, not by the bracket; breaks: a bracket is 1 where it is true, seen in grad_w1"
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


# %% wrong="two_layers: the slope of the first bias is a mean over the rows; breaks: added up over the rows, seen with two rows"
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
    grad_b1 = delta1.mean(axis=0)
    return loss, (grad_w1, grad_b1, grad_w2, grad_b2)


# %% right="in_order: a list of what is to be done, each node twice"
def in_order(end, parents_of) -> list:
    """All nodes that end was made from, and end itself, each after its parents."""
    order_found, met, to_do = [], set(), [(end, False)]
    while to_do:
        node, parents_done = to_do.pop()
        if parents_done:
            order_found.append(node)
        elif node not in met:
            met.add(node)
            to_do.append((node, True))
            to_do.extend((parent, False) for parent in parents_of(node) if parent not in met)
    return order_found


# %% right="in_order: counts the shares still to come, hands on from the end, and turns the list round"
def in_order(end, parents_of) -> list:
    """All nodes that end was made from, and end itself, each after its parents."""
    parents, waiting = {}, [end]
    while waiting:
        node = waiting.pop()
        if node not in parents:
            parents[node] = tuple(parents_of(node))
            waiting.extend(parents[node])
    to_come = dict.fromkeys(parents, 0)
    for some in parents.values():
        for parent in some:
            to_come[parent] += 1
    ready, backwards = [end], []
    while ready:
        node = ready.pop()
        backwards.append(node)
        for parent in parents[node]:
            to_come[parent] -= 1
            if to_come[parent] == 0:
                ready.append(parent)
    return backwards[::-1]


# %% right="in_order: a path of iterators, and a dict that keeps its order"
def in_order(end, parents_of) -> list:
    """All nodes that end was made from, and end itself, each after its parents."""
    done = {}
    path = [(end, iter(list(parents_of(end))))]
    while path:
        node, rest = path[-1]
        nearest = next((parent for parent in rest if parent not in done), None)
        if nearest is None:
            done[node] = True
            path.pop()
        else:
            path.append((nearest, iter(list(parents_of(nearest)))))
    return list(done)


# %% wrong="in_order: calls itself; breaks: 5,000 steps in a row, more than Python lets a function call itself, seen with a long chain"
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


# %% wrong="in_order: writes nodes down as they are met and turns the list round; breaks: each after all of its parents, seen if loss is made from c and a in this order"
def in_order(end, parents_of) -> list:
    """All nodes that end was made from, and end itself, each after its parents."""
    met, seen, waiting = [], set(), [end]
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        met.append(node)
        waiting.extend(parents_of(node))
    return met[::-1]


# %% wrong="in_order: takes the parents out of the list of the node; breaks: the very one that the node keeps, so leave it as it is, seen in the lists afterwards"
def in_order(end, parents_of) -> list:
    """All nodes that end was made from, and end itself, each after its parents."""
    order, seen = [], {end}
    path = [(end, parents_of(end))]
    while path:
        node, parents = path[-1]
        if parents:
            parent = parents.pop()
            if parent not in seen:
                seen.add(parent)
                path.append((parent, parents_of(parent)))
        else:
            order.append(node)
            path.pop()
    return order


# %% wrong="in_order: looks whether a node is known only when it writes it down; breaks: more paths than atoms in the universe, seen with 100 doublings in a row"
def in_order(end, parents_of) -> list:
    """All nodes that end was made from, and end itself, each after its parents."""
    order, written, waiting = [], set(), [(end, False)]
    while waiting:
        node, ready = waiting.pop()
        if ready:
            if node not in written:
                written.add(node)
                order.append(node)
        else:
            waiting.append((node, True))
            for parent in parents_of(node):
                waiting.append((parent, False))
    return order


# %% wrong="in_order: counts a node as met when it is put on the list; breaks: each after all of its parents, seen if loss is made from c and a in this order"
def in_order(end, parents_of) -> list:
    """All nodes that end was made from, and end itself, each after its parents."""
    order, met, waiting = [], {end}, [(end, False)]
    while waiting:
        node, ready = waiting.pop()
        if ready:
            order.append(node)
            continue
        waiting.append((node, True))
        for parent in reversed(parents_of(node)):
            if parent not in met:
                met.add(parent)
                waiting.append((parent, False))
    return order


# %% right="backprop: a dict of slopes by id, never added in place"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    slope_of = {id(end): np.ones(np.shape(end.array))}
    for node in reversed(order):
        if id(node) not in slope_of or not node.requires_grad:
            continue
        slope = slope_of[id(node)]
        if node.recipe is None:
            node.grad = np.array(slope) if node.grad is None else np.asarray(node.grad + slope)
            continue
        name, parents, options = node.recipe
        shares = back[name](slope, node.array, *(parent.array for parent in parents), **options)
        for parent, share in zip(parents, shares, strict=True):
            known = slope_of.get(id(parent))
            slope_of[id(parent)] = share if known is None else known + share


# %% right="backprop: collects the shares in lists and sums them when the turn comes"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    from collections import defaultdict

    shares_of = defaultdict(list)
    shares_of[end].append(np.ones_like(end.array, dtype=float))
    for node in order[::-1]:
        shares = shares_of.pop(node, [])
        if not shares:
            continue
        total = np.sum(np.stack(shares), axis=0).reshape(node.array.shape)
        if node.recipe is not None:
            inputs = [parent.array for parent in node.recipe.parents]
            found = back[node.recipe.name](total, node.array, *inputs, **node.recipe.options)
            for parent, share in zip(node.recipe.parents, found, strict=True):
                if parent.requires_grad:
                    shares_of[parent].append(share)
        elif node.requires_grad:
            old = np.zeros(node.array.shape) if node.grad is None else node.grad
            node.grad = np.asarray(old + total)


# %% right="backprop: a little class for the walk, with slots by position"
class WalkBack:
    def __init__(self, end, order):
        self.order = list(order)
        self.place = {id(node): number for number, node in enumerate(self.order)}
        self.slots = [None] * len(self.order)
        self.hand_in(end, np.full(end.array.shape, 1.0))

    def hand_in(self, node, share):
        number = self.place[id(node)]
        old = self.slots[number]
        self.slots[number] = np.array(share, dtype=float) if old is None else np.add(old, share)

    def go(self, back):
        for number in range(len(self.order) - 1, -1, -1):
            node, slope = self.order[number], self.slots[number]
            if slope is None:
                continue
            if node.recipe is None:
                if node.requires_grad:
                    node.grad = np.array(slope) if node.grad is None else np.array(np.add(node.grad, slope))
            else:
                function = back[node.recipe.name]
                arrays = [parent.array for parent in node.recipe.parents]
                shares = function(slope, node.array, *arrays, **node.recipe.options)
                for parent, share in zip(node.recipe.parents, shares, strict=True):
                    self.hand_in(parent, share)


def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    WalkBack(end, order).go(back)


# %% wrong="backprop: begins with a bare 1.0; breaks: one number of any shape, an array of the shape of the leaf, seen with an end (1, 1) that is a leaf or a matrix product"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    slopes = {id(end): np.array(1.0)}
    for node in reversed(order):
        slope = slopes.get(id(node))
        if slope is None:
            continue
        if node.recipe is None:
            if node.requires_grad:
                node.grad = np.array(slope) if node.grad is None else node.grad + slope
            continue
        name, parents, options = node.recipe
        shares = back[name](slope, node.array, *[parent.array for parent in parents], **options)
        for parent, share in zip(parents, shares):
            slopes[id(parent)] = slopes[id(parent)] + share if id(parent) in slopes else share


# %% wrong="backprop: overwrites the old .grad; breaks: add the slope to .grad, seen with two walks back"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    slopes = {id(end): np.ones(end.array.shape)}
    for node in reversed(order):
        slope = slopes.get(id(node))
        if slope is None:
            continue
        if node.recipe is None:
            if node.requires_grad:
                node.grad = np.array(slope)
            continue
        name, parents, options = node.recipe
        shares = back[name](slope, node.array, *[parent.array for parent in parents], **options)
        for parent, share in zip(parents, shares):
            slopes[id(parent)] = slopes[id(parent)] + share if id(parent) in slopes else share


# %% wrong="backprop: adds to the old .grad in place; breaks: no array that somebody else may be holding is changed in place, seen with an old .grad"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    slopes = {id(end): np.ones(end.array.shape)}
    for node in reversed(order):
        slope = slopes.get(id(node))
        if slope is None:
            continue
        if node.recipe is None:
            if node.requires_grad:
                if node.grad is None:
                    node.grad = np.zeros(node.array.shape)
                node.grad += slope
            continue
        name, parents, options = node.recipe
        shares = back[name](slope, node.array, *[parent.array for parent in parents], **options)
        for parent, share in zip(parents, shares):
            slopes[id(parent)] = slopes[id(parent)] + share if id(parent) in slopes else share


# %% wrong="backprop: adds shares in place to an array that two parents hold; breaks: the slope of each leaf, seen with y + x of vectors if y is used once more"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    slopes = {id(end): np.ones(end.array.shape)}
    for node in reversed(order):
        slope = slopes.get(id(node))
        if slope is None:
            continue
        if node.recipe is None:
            if node.requires_grad:
                node.grad = np.array(slope) if node.grad is None else node.grad + slope
            continue
        name, parents, options = node.recipe
        shares = back[name](slope, node.array, *[parent.array for parent in parents], **options)
        for parent, share in zip(parents, shares):
            if id(parent) in slopes:
                slopes[id(parent)] += share
            else:
                slopes[id(parent)] = share


# %% wrong="backprop: keeps the slopes in .grad of every tensor on the way; breaks: nothing else gets a .grad, seen at the results in between"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    slopes = {id(end): np.ones(end.array.shape)}
    for node in reversed(order):
        slope = slopes.get(id(node))
        if slope is None:
            continue
        if node.requires_grad:
            node.grad = np.array(slope) if node.grad is None else node.grad + slope
        if node.recipe is None:
            continue
        name, parents, options = node.recipe
        shares = back[name](slope, node.array, *[parent.array for parent in parents], **options)
        for parent, share in zip(parents, shares):
            slopes[id(parent)] = slopes[id(parent)] + share if id(parent) in slopes else share


# %% right="fit_line: the answers as a column"
def fit_line(x: torch.Tensor, y: torch.Tensor, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features,) and bias () of the line after so many steps from zeros."""
    column = y.reshape(-1, 1)
    w = torch.zeros(x.shape[1], 1, dtype=x.dtype, requires_grad=True)
    b = torch.zeros((), dtype=x.dtype, requires_grad=True)
    for _ in range(steps):
        loss = F.mse_loss(x @ w + b, column)
        loss.backward()
        with torch.no_grad():
            for parameter in (w, b):
                parameter -= lr * parameter.grad
                parameter.grad = None
    return w.detach().flatten(), b.detach()


# %% right="fit_line: weights with one axis, and an optimiser of torch"
def fit_line(x: torch.Tensor, y: torch.Tensor, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features,) and bias () of the line after so many steps from zeros."""
    w = torch.zeros(x.shape[1], dtype=x.dtype, requires_grad=True)
    b = torch.zeros((), dtype=x.dtype, requires_grad=True)
    descent = torch.optim.SGD([w, b], lr=lr)
    for _ in range(steps):
        descent.zero_grad()
        (x @ w + b - y).square().mean().backward()
        descent.step()
    return w.detach(), b.detach()


# %% right="fit_line: the slopes on paper, without autograd"
def fit_line(x: torch.Tensor, y: torch.Tensor, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features,) and bias () of the line after so many steps from zeros."""
    with torch.no_grad():
        w, b = x.new_zeros(x.shape[1]), x.new_zeros(())
        for _ in range(steps):
            error = x @ w + b - y
            w, b = w - lr * 2 * (x.T @ error) / len(y), b - lr * 2 * error.mean()
    return w, b


# %% wrong="fit_line: the sum of the squared errors; breaks: each step is the one on the mean squared error, seen after one step"
def fit_line(x: torch.Tensor, y: torch.Tensor, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features,) and bias () of the line after so many steps from zeros."""
    w = torch.zeros(x.shape[1], 1, dtype=x.dtype, requires_grad=True)
    b = torch.zeros((), dtype=x.dtype, requires_grad=True)
    for _ in range(steps):
        loss = (((x @ w).flatten() + b - y) ** 2).sum()
        loss.backward()
        with torch.no_grad():
            for parameter in (w, b):
                parameter -= lr * parameter.grad
                parameter.grad = None
    return w.detach().flatten(), b.detach()


# %% wrong="fit_line: solves for the best line and ignores lr and steps; breaks: after so many steps from zeros, seen after one step"
def fit_line(x: torch.Tensor, y: torch.Tensor, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features,) and bias () of the line after so many steps from zeros."""
    with_ones = torch.cat([x, torch.ones(len(x), 1, dtype=x.dtype)], dim=1)
    best = torch.linalg.lstsq(with_ones, y[:, None]).solution.flatten()
    return best[:-1], best[-1]


# %% wrong="fit_line: starts in the default dtype; breaks: it accepts float32 and float64, seen with float64"
def fit_line(x: torch.Tensor, y: torch.Tensor, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features,) and bias () of the line after so many steps from zeros."""
    w = torch.zeros(x.shape[1], requires_grad=True)
    b = torch.zeros((), requires_grad=True)
    for _ in range(steps):
        loss = ((x.float() @ w + b - y.float()) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            for parameter in (w, b):
                parameter -= lr * parameter.grad
                parameter.grad = None
    return w.detach(), b.detach()


# %% wrong="fit_line: makes a column of y in place; breaks: it leaves its inputs unchanged, seen in the shape of y afterwards"
def fit_line(x: torch.Tensor, y: torch.Tensor, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features,) and bias () of the line after so many steps from zeros."""
    y.unsqueeze_(1)
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


# %% wrong="fit_line: repairs the shapes and starts from ones; breaks: from zeros, keep it, seen after one step"
def fit_line(x: torch.Tensor, y: torch.Tensor, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features,) and bias () of the line after so many steps from zeros."""
    w = torch.ones(x.shape[1], 1, dtype=x.dtype, requires_grad=True)
    b = torch.zeros((), dtype=x.dtype, requires_grad=True)
    for _ in range(steps):
        loss = ((x @ w + b - y[:, None]) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            for parameter in (w, b):
                parameter -= lr * parameter.grad
                parameter.grad = None
    return w.detach().flatten(), b.detach()
