# Answers by a panel that read only the released notebook: what `course audit` grades and counts apart. No student sees them.

# %% right="differences: the second derivative as a difference of two forward slopes"
def differences(f, x: float, h: float) -> tuple[float, float, float]:
    """The forward difference, the central one, and the second derivative of f at x, with steps of length h."""
    forward = (-f(x) + f(x + h)) / h
    central = (f(x + h) + -f(x + -h)) / (h + h)
    second = ((f(x + h) - f(x)) / h - (f(x) - f(x - h)) / h) / h
    return forward, central, second


# %% right="differences: each value of f computed once, added with math.fsum by a table of weights"
def differences(f, x: float, h: float) -> tuple[float, float, float]:
    """The forward difference, the central one, and the second derivative of f at x, with steps of length h."""
    seen = {place: f(x + place * h) for place in (-1, 0, 1)}
    mix = lambda **kinds: math.fsum(kinds[name] * seen[place] for name, place in zip("lmr", (-1, 0, 1)))
    forward = (mix(l=0, m=-1, r=1)) / h
    central = (mix(l=-1, m=0, r=1)) / (2 * h)
    second = (mix(l=1, m=-2, r=1)) / h**2
    return forward, central, second


# %% right="differences: central as the mean of forward and backward, second from that mean"
def differences(f, x: float, h: float) -> tuple[float, float, float]:
    """The forward difference, the central one, and the second derivative of f at x, with steps of length h."""
    ahead, behind = f(x + h) - f(x), f(x) - f(x - h)
    forward = (ahead) / h
    central = (ahead + behind) / (h * 2)
    second = (ahead - behind) / pow(h, 2)
    return forward, central, second


# %% wrong="differences: central takes half a step to either side; breaks: with steps of length h, seen with a cubic"
def differences(f, x: float, h: float) -> tuple[float, float, float]:
    """The forward difference, the central one, and the second derivative of f at x, with steps of length h."""
    forward = (f(x + h) - f(x)) / h
    central = (f(x + h / 2) - f(x - h / 2)) / (2 * (h / 2))
    second = (f(x + h) - 2 * f(x) + f(x - h)) / h**2
    return forward, central, second


# %% wrong="differences: takes the size of the change in the central one; breaks: the slope has a sign, seen with a falling function"
def differences(f, x: float, h: float) -> tuple[float, float, float]:
    """The forward difference, the central one, and the second derivative of f at x, with steps of length h."""
    forward = (f(x + h) - f(x)) / h
    central = (abs(f(x + h) - f(x - h))) / (2 * h)
    second = (f(x + h) - 2 * f(x) + f(x - h)) / h**2
    return forward, central, second


# %% right="numeric_gradient: np.fromiter over ndindex, and a direction is a gradient in one number t along a line"
def numeric_gradient(f, x: np.ndarray, h: float) -> np.ndarray:
    """The gradient of f at x, in the shape of x."""

    def at(place, change):
        there = np.array(x, dtype=np.float64)
        there[place] += change
        return float(f(there))

    slopes_found = ((at(place, h) - at(place, -h)) / (2 * h) for place in np.ndindex(*x.shape))
    return np.fromiter(slopes_found, dtype=np.float64, count=x.size).reshape(x.shape)


def directional(f, x: np.ndarray, direction: np.ndarray, h: float) -> float:
    """How fast f changes at x for each unit of length in this direction."""
    length = math.hypot(*np.ravel(direction).tolist())
    unit = np.asarray(direction) / length
    return float(numeric_gradient(lambda t: f(np.asarray(x + t * unit)), np.array(0.0), h))


# %% right="numeric_gradient: one-hot arrays from an identity matrix, and directional serves as the engine of both"
def directional(f, x: np.ndarray, direction: np.ndarray, h: float) -> float:
    """How fast f changes at x for each unit of length in this direction."""
    way = np.array(direction, dtype=np.float64)
    way /= np.abs(way).max()
    way /= np.sqrt(np.sum(way * way))
    ends = [f(np.array(x + sign * h * way, dtype=np.float64)) for sign in (1.0, -1.0)]
    return float(ends[0] - ends[1]) / (2 * h)


def numeric_gradient(f, x: np.ndarray, h: float) -> np.ndarray:
    """The gradient of f at x, in the shape of x."""
    axes_of_x = np.eye(x.size).reshape((x.size,) + x.shape)
    result = np.zeros(x.size)
    for number, axis in enumerate(axes_of_x):
        result[number] = directional(f, x, np.asarray(axis), h)
    return result.reshape(x.shape)


# %% right="numeric_gradient: one private C-ordered copy that is moved through its flat iterator and put back from a saved value"
def numeric_gradient(f, x: np.ndarray, h: float) -> np.ndarray:
    """The gradient of f at x, in the shape of x."""
    work = np.array(x, dtype=np.float64, order="C")
    answer = np.empty(work.shape)
    for k in range(work.size):
        old = work.flat[k]
        work.flat[k] = old + h
        up = f(work)
        work.flat[k] = old - h
        down = f(work)
        work.flat[k] = old
        answer.flat[k] = (up - down) / (2 * h)
    return answer


def directional(f, x: np.ndarray, direction: np.ndarray, h: float) -> float:
    """How fast f changes at x for each unit of length in this direction."""
    direction = direction / np.abs(direction).max()
    stride = h / np.linalg.norm(np.ravel(direction))
    above, below = np.empty(x.shape), np.empty(x.shape)
    above[...] = x + stride * direction
    below[...] = x - stride * direction
    return float((f(above) - f(below)) / (2 * h))


# %% wrong="numeric_gradient: flattens in the order of memory and reshapes in the order of rows; breaks: x may be a transposed one, seen with a transposed x"
def numeric_gradient(f, x: np.ndarray, h: float) -> np.ndarray:
    """The gradient of f at x, in the shape of x."""
    flat = x.flatten(order="K")
    result = np.zeros(x.size)
    for k in range(x.size):
        up, down = flat.copy(), flat.copy()
        up[k] += h
        down[k] -= h
        result[k] = (f(up.reshape(x.shape)) - f(down.reshape(x.shape))) / (2 * h)
    return result.reshape(x.shape)


def directional(f, x: np.ndarray, direction: np.ndarray, h: float) -> float:
    """How fast f changes at x for each unit of length in this direction."""
    unit = direction / np.linalg.norm(np.ravel(direction))
    return float((f(np.array(x + h * unit)) - f(np.array(x - h * unit))) / (2 * h))


# %% wrong="numeric_gradient: moves x itself by + h, - 2h, + h, and rounding stays behind; breaks: it leaves its inputs unchanged, seen with random entries"
def numeric_gradient(f, x: np.ndarray, h: float) -> np.ndarray:
    """The gradient of f at x, in the shape of x."""
    result = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        x[place] += h
        up = f(x)
        x[place] -= 2 * h
        down = f(x)
        x[place] += h
        result[place] = (up - down) / (2 * h)
    return result


def directional(f, x: np.ndarray, direction: np.ndarray, h: float) -> float:
    """How fast f changes at x for each unit of length in this direction."""
    unit = direction / np.linalg.norm(np.ravel(direction))
    return float((f(np.array(x + h * unit)) - f(np.array(x - h * unit))) / (2 * h))


# %% wrong="numeric_gradient: norm with ord 2 is the largest singular value of a matrix; breaks: unit of length, seen with a direction of shape (2, 3)"
def numeric_gradient(f, x: np.ndarray, h: float) -> np.ndarray:
    """The gradient of f at x, in the shape of x."""
    result = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[place] += h
        down[place] -= h
        result[place] = (f(up) - f(down)) / (2 * h)
    return result


def directional(f, x: np.ndarray, direction: np.ndarray, h: float) -> float:
    """How fast f changes at x for each unit of length in this direction."""
    length = np.linalg.norm(direction, 2) if direction.ndim in (1, 2) else np.linalg.norm(np.ravel(direction))
    unit = direction / length
    return float((f(np.array(x + h * unit)) - f(np.array(x - h * unit))) / (2 * h))


# %% wrong="numeric_gradient: directional walks h times the whole direction and divides by its length after; breaks: steps of length h, seen with a long direction and a cubic"
def numeric_gradient(f, x: np.ndarray, h: float) -> np.ndarray:
    """The gradient of f at x, in the shape of x."""
    result = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[place] += h
        down[place] -= h
        result[place] = (f(up) - f(down)) / (2 * h)
    return result


def directional(f, x: np.ndarray, direction: np.ndarray, h: float) -> float:
    """How fast f changes at x for each unit of length in this direction."""
    change = f(np.array(x + h * direction)) - f(np.array(x - h * direction))
    return float(change / (2 * h * np.linalg.norm(np.ravel(direction))))


# %% wrong="numeric_gradient: makes a single number an array of one entry; breaks: any shape, () included, seen with x of shape ()"
def numeric_gradient(f, x: np.ndarray, h: float) -> np.ndarray:
    """The gradient of f at x, in the shape of x."""
    x = np.atleast_1d(x).copy()
    result = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        old = x[place]
        x[place] = old + h
        up = f(x)
        x[place] = old - h
        result[place] = (up - f(x)) / (2 * h)
        x[place] = old
    return result


def directional(f, x: np.ndarray, direction: np.ndarray, h: float) -> float:
    """How fast f changes at x for each unit of length in this direction."""
    unit = direction / np.linalg.norm(np.ravel(direction))
    return float((f(np.array(x + h * unit)) - f(np.array(x - h * unit))) / (2 * h))


# %% right="tables_of_slopes: the Hessian is the Jacobian of a gradient that is itself a row of a Jacobian, with its own step"
def jacobian(f, x: np.ndarray, stride=1e-5) -> np.ndarray:
    """The Jacobian (m, n) of f at x (n,)."""
    columns = []
    for unit in np.eye(len(x)):
        columns.append((np.asarray(f(x + stride * unit)) - np.asarray(f(x - stride * unit))) / (2 * stride))
    return np.stack(columns, axis=-1)


def hessian(f, x: np.ndarray) -> np.ndarray:
    """The Hessian (n, n) of f at x (n,)."""
    slope_row = lambda v: jacobian(lambda u: np.array([f(u)]), v, stride=1e-3)[0]
    return jacobian(slope_row, x, stride=1e-3)


# %% right="tables_of_slopes: Jacobian extrapolated from two step lengths, Hessian by polarisation of second differences"
def jacobian(f, x: np.ndarray) -> np.ndarray:
    """The Jacobian (m, n) of f at x (n,)."""

    def column(j, h):
        ends = np.repeat(x[None], 2, axis=0)
        ends[0, j] += h
        ends[1, j] -= h
        return (f(ends[0].copy()) - f(ends[1].copy())) / (2 * h)

    return np.array([(4 * column(j, 5e-4) - column(j, 1e-3)) / 3 for j in range(x.size)]).T.copy()


def hessian(f, x: np.ndarray) -> np.ndarray:
    """The Hessian (n, n) of f at x (n,)."""
    h, here, units = 5e-4, float(f(x.copy())), np.identity(x.size)

    def along(u):
        return (f(x + h * u) + f(x - h * u) - 2 * here) / h**2

    pure = [along(u) for u in units]
    table = np.diag(np.array(pure, dtype=float))
    for i in range(x.size):
        for j in range(i):
            table[i, j] = table[j, i] = (along(units[i] + units[j]) - pure[i] - pure[j]) / 2
    return table


# %% right="tables_of_slopes: a five-point stencil for the Jacobian, and four corners for every pair of the Hessian, in dicts of signs"
def jacobian(f, x: np.ndarray) -> np.ndarray:
    """The Jacobian (m, n) of f at x (n,)."""
    table = None
    for j in range(len(x)):
        total = 0.0
        for many, weight in {-2: 1, -1: -8, 1: 8, 2: -1}.items():
            there = x.copy()
            there[j] += many * 1e-3
            total = total + weight * np.array(f(there), dtype=float)
        if table is None:
            table = np.full((len(total), len(x)), np.nan)
        table[:, j] = total / 12e-3
    return table


def hessian(f, x: np.ndarray) -> np.ndarray:
    """The Hessian (n, n) of f at x (n,)."""
    n, h = len(x), 1e-3
    table = np.zeros((n, n))
    for i, j in np.ndindex(n, n):
        for a in (-1, 1):
            for b in (-1, 1):
                there = x.copy()
                there[i] += a * h
                there[j] += b * h
                table[i, j] += a * b * f(there)
    table /= 4 * h * h
    return table


# %% wrong="tables_of_slopes: squeezes the Jacobian; breaks: the Jacobian (m, n) and any size, seen with one output"
def jacobian(f, x: np.ndarray) -> np.ndarray:
    """The Jacobian (m, n) of f at x (n,)."""
    h = 1e-5
    return np.array([(f(x + h * u) - f(x - h * u)) / (2 * h) for u in np.eye(len(x))]).T.squeeze()


def hessian(f, x: np.ndarray) -> np.ndarray:
    """The Hessian (n, n) of f at x (n,)."""
    h, units = 1e-3, np.eye(len(x))
    corner = lambda p, q: f(x + h * p + h * q) - f(x + h * p - h * q) - f(x - h * p + h * q) + f(x - h * p - h * q)
    return np.array([[corner(p, q) / (4 * h * h) for q in units] for p in units])


# %% wrong="tables_of_slopes: fills the upper triangle and adds the transpose, so the diagonal counts twice; breaks: the Hessian, seen with x squared"
def jacobian(f, x: np.ndarray) -> np.ndarray:
    """The Jacobian (m, n) of f at x (n,)."""
    h = 1e-5
    return np.stack([(f(x + h * u) - f(x - h * u)) / (2 * h) for u in np.eye(len(x))], axis=1)


def hessian(f, x: np.ndarray) -> np.ndarray:
    """The Hessian (n, n) of f at x (n,)."""
    h, units = 1e-3, np.eye(len(x))
    table = np.zeros((len(x), len(x)))
    for i, p in enumerate(units):
        for j, q in enumerate(units):
            if j >= i:
                four = f(x + h * p + h * q) - f(x + h * p - h * q) - f(x - h * p + h * q) + f(x - h * p - h * q)
                table[i, j] = four / (4 * h * h)
    return table + table.T


# %% wrong="tables_of_slopes: takes a step of one half in the Jacobian, to keep rounding away; breaks: four correct digits, seen with a sine"
def jacobian(f, x: np.ndarray) -> np.ndarray:
    """The Jacobian (m, n) of f at x (n,)."""
    return np.stack([f(x + 0.5 * u) - f(x - 0.5 * u) for u in np.eye(len(x))], axis=1)


def hessian(f, x: np.ndarray) -> np.ndarray:
    """The Hessian (n, n) of f at x (n,)."""
    h, units = 1e-3, np.eye(len(x))
    corner = lambda p, q: f(x + h * p + h * q) - f(x + h * p - h * q) - f(x - h * p + h * q) + f(x - h * p - h * q)
    return np.array([[corner(p, q) / (4 * h * h) for q in units] for p in units])


# %% wrong="tables_of_slopes: off the diagonal it forgets to take away the two pure second derivatives; breaks: the Hessian, seen with squares beside a product"
def jacobian(f, x: np.ndarray) -> np.ndarray:
    """The Jacobian (m, n) of f at x (n,)."""
    h = 1e-5
    return np.stack([(f(x + h * u) - f(x - h * u)) / (2 * h) for u in np.eye(len(x))], axis=1)


def hessian(f, x: np.ndarray) -> np.ndarray:
    """The Hessian (n, n) of f at x (n,)."""
    h, units = 1e-3, np.eye(len(x))
    table = np.zeros((len(x), len(x)))
    for i, p in enumerate(units):
        for j, q in enumerate(units):
            u = p if i == j else p + q
            second = (f(x + h * u) - 2 * f(x) + f(x - h * u)) / h**2
            table[i, j] = second if i == j else second / 2
    return table


# %% wrong="tables_of_slopes: rounds the noise of the Hessian away to two places; breaks: four correct digits, seen with any entry that is not a whole number"
def jacobian(f, x: np.ndarray) -> np.ndarray:
    """The Jacobian (m, n) of f at x (n,)."""
    h = 1e-5
    return np.stack([(f(x + h * u) - f(x - h * u)) / (2 * h) for u in np.eye(len(x))], axis=1)


def hessian(f, x: np.ndarray) -> np.ndarray:
    """The Hessian (n, n) of f at x (n,)."""
    h, units = 1e-3, np.eye(len(x))
    corner = lambda p, q: f(x + h * p + h * q) - f(x + h * p - h * q) - f(x - h * p + h * q) + f(x - h * p - h * q)
    return np.round([[corner(p, q) / (4 * h * h) for q in units] for p in units], 2)


# %% right="cubic: polyval with the coefficients reversed, a slope for each row in a loop, set_grad_enabled, zeros instead of None"
def cubic_by_hand(x: np.ndarray, y: np.ndarray, c: np.ndarray, lr: float, steps: int) -> np.ndarray:
    """The coefficients (4,) after so many steps from c, for points x and y (n,)."""
    powers = np.stack([x**k for k in range(4)])  # (4, n)
    for _ in range(steps):
        error = np.polyval(c[::-1], x) - y
        slope = np.array([2 * (error * row).sum() for row in powers])
        c = c - lr * slope
    return c


def cubic_by_autograd(x: torch.Tensor, y: torch.Tensor, c: torch.Tensor, lr: float, steps: int) -> torch.Tensor:
    """The same, with slopes from autograd."""
    powers = torch.stack([x**k for k in range(4)])
    c = c.clone().detach().requires_grad_(True)
    for _ in range(steps):
        loss = ((c @ powers - y) ** 2).sum()
        loss.backward(torch.ones_like(loss))
        with torch.set_grad_enabled(False):
            c -= lr * c.grad
        c.grad = torch.zeros_like(c)
    return c.detach().clone()


# %% right="cubic: einsum by hand, and a start built anew from plain numbers"
def cubic_by_hand(x: np.ndarray, y: np.ndarray, c: np.ndarray, lr: float, steps: int) -> np.ndarray:
    """The coefficients (4,) after so many steps from c, for points x and y (n,)."""
    powers = np.stack([x**k for k in range(4)])  # (4, n)
    for _ in range(steps):
        error = np.einsum("k,kn->n", c, powers) - y
        slope = np.einsum("kn,n->k", powers, error + error)
        c = c - lr * slope
    return c


def cubic_by_autograd(x: torch.Tensor, y: torch.Tensor, c: torch.Tensor, lr: float, steps: int) -> torch.Tensor:
    """The same, with slopes from autograd."""
    powers = torch.stack([x**k for k in range(4)])
    c = c.new_tensor(c.tolist()).requires_grad_()
    for _ in range(steps):
        loss = ((c @ powers - y) ** 2).sum()
        loss.backward()
        with torch.no_grad():
            c -= lr * c.grad
        c.grad = None
    return c.detach_()


# %% right="cubic: Horner for the error, minus signs twice, and the walk back told its leaf"
def cubic_by_hand(x: np.ndarray, y: np.ndarray, c: np.ndarray, lr: float, steps: int) -> np.ndarray:
    """The coefficients (4,) after so many steps from c, for points x and y (n,)."""
    powers = np.stack([x**k for k in range(4)])  # (4, n)
    for _ in range(steps):
        error = c[0] + x * (c[1] + x * (c[2] + x * c[3])) - y
        slope = -2 * np.inner(powers, -error)
        c = c - lr * slope
    return c


def cubic_by_autograd(x: torch.Tensor, y: torch.Tensor, c: torch.Tensor, lr: float, steps: int) -> torch.Tensor:
    """The same, with slopes from autograd."""
    powers = torch.stack([x**k for k in range(4)])
    c = c.data.clone().requires_grad_()
    for _ in range(steps):
        loss = ((c @ powers - y) ** 2).sum()
        loss.backward(inputs=[c])
        with torch.no_grad():
            c -= lr * c.grad
        c.grad = c.grad * 0
    return c.data


# %% wrong="cubic: the mean power times the summed error in the place of the sum of products; breaks: gradient descent on the sum of the squared errors, seen with two points"
def cubic_by_hand(x: np.ndarray, y: np.ndarray, c: np.ndarray, lr: float, steps: int) -> np.ndarray:
    """The coefficients (4,) after so many steps from c, for points x and y (n,)."""
    powers = np.stack([x**k for k in range(4)])  # (4, n)
    for _ in range(steps):
        error = c @ powers - y
        slope = 2 * powers.mean(axis=1) * error.sum()
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


# %% wrong="cubic: polyval reads the coefficients from the highest power down; breaks: the cubic c0 + c1 x + ..., seen with a start other than zeros"
def cubic_by_hand(x: np.ndarray, y: np.ndarray, c: np.ndarray, lr: float, steps: int) -> np.ndarray:
    """The coefficients (4,) after so many steps from c, for points x and y (n,)."""
    powers = np.stack([x**k for k in range(4)])  # (4, n)
    for _ in range(steps):
        error = np.polyval(c, x) - y
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
    return c.detach()


# %% wrong="cubic: detaches the old gradient instead of clearing it, so slopes pile up; breaks: the same as by hand, seen with two steps"
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


# %% wrong="cubic: contiguous copies nothing here, so the start itself walks downhill; breaks: the start c must not be changed, seen with any torch start"
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
    c = c.detach().contiguous().requires_grad_()
    for _ in range(steps):
        loss = ((c @ powers - y) ** 2).sum()
        loss.backward()
        with torch.no_grad():
            c -= lr * c.grad
        c.grad = None
    return c.detach()


# %% right="jacobian_rows: torch.autograd.functional does both, and its results have no graph"
def weighted(f, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """The gradient (n,) of v · f(x) at x (n,), for weights v (m,)."""
    _, product = torch.autograd.functional.vjp(f, x.detach().clone(), v=v)
    return product


def rows(f, x: torch.Tensor) -> torch.Tensor:
    """The Jacobian (m, n) of f at x (n,)."""
    return torch.autograd.functional.jacobian(f, x.detach().clone())


# %% right="jacobian_rows: every row is a weighted gradient, with the rows of an identity as weights, f called anew each time"
def weighted(f, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """The gradient (n,) of v · f(x) at x (n,), for weights v (m,)."""
    with torch.enable_grad():
        leaf = torch.empty_like(x).copy_(x).requires_grad_()
        (v.detach() * f(leaf)).sum().backward(inputs=[leaf])
    return leaf.grad


def rows(f, x: torch.Tensor) -> torch.Tensor:
    """The Jacobian (m, n) of f at x (n,)."""
    with torch.no_grad():
        outputs = f(x.clone()).shape[0]
    return torch.stack([weighted(f, x, one) for one in torch.eye(outputs, dtype=x.dtype).unbind()])


# %% right="jacobian_rows: one walk there for all rows, written into a table made beforehand; weighted puts one seed into the same function"
def slopes_of_seeds(f, x, seeds):
    leaf = x.detach().clone().requires_grad_(True)
    y = f(leaf)
    seeds = torch.eye(y.numel()).to(y) if seeds is None else seeds
    table = x.new_zeros(len(seeds), x.numel())
    for place in range(len(seeds)):
        (row,) = torch.autograd.grad(y, leaf, grad_outputs=seeds[place], retain_graph=True)
        table[place] = row
    return table


def weighted(f, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """The gradient (n,) of v · f(x) at x (n,), for weights v (m,)."""
    return slopes_of_seeds(f, x, v[None])[0]


def rows(f, x: torch.Tensor) -> torch.Tensor:
    """The Jacobian (m, n) of f at x (n,)."""
    return slopes_of_seeds(f, x, None)


# %% wrong="jacobian_rows: walks back once for each input instead of each output; breaks: the whole Jacobian (m, n), seen with three outputs of one input"
def weighted(f, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """The gradient (n,) of v · f(x) at x (n,), for weights v (m,)."""
    leaf = x.detach().clone().requires_grad_()
    return torch.autograd.grad(f(leaf), leaf, v)[0]


def rows(f, x: torch.Tensor) -> torch.Tensor:
    """The Jacobian (m, n) of f at x (n,)."""
    leaf = x.detach().clone().requires_grad_()
    y = f(leaf)
    return torch.stack([torch.autograd.grad(y[i], leaf, retain_graph=True)[0] for i in range(len(x))])


# %% wrong="jacobian_rows: collects the rows in a table of the default dtype; breaks: returns tensors of the same type, seen with float64"
def weighted(f, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """The gradient (n,) of v · f(x) at x (n,), for weights v (m,)."""
    leaf = x.detach().clone().requires_grad_()
    return torch.autograd.grad(f(leaf), leaf, v)[0]


def rows(f, x: torch.Tensor) -> torch.Tensor:
    """The Jacobian (m, n) of f at x (n,)."""
    leaf = x.detach().clone().requires_grad_()
    y = f(leaf)
    table = torch.zeros(len(y), len(x))
    for i in range(len(y)):
        table[i] = torch.autograd.grad(y[i], leaf, retain_graph=True)[0]
    return table


# %% wrong="jacobian_rows: with a single output it walks back without a vector and returns the bare gradient; breaks: the whole Jacobian (m, n), seen with one output"
def weighted(f, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """The gradient (n,) of v · f(x) at x (n,), for weights v (m,)."""
    leaf = x.detach().clone().requires_grad_()
    return torch.autograd.grad(f(leaf), leaf, v)[0]


def rows(f, x: torch.Tensor) -> torch.Tensor:
    """The Jacobian (m, n) of f at x (n,)."""
    leaf = x.detach().clone().requires_grad_()
    y = f(leaf)
    if y.numel() == 1:
        y.backward()
        return leaf.grad
    return torch.stack([torch.autograd.grad(one, leaf, retain_graph=True)[0] for one in y])


# %% wrong="jacobian_rows: creates a graph of the walk back where it means to keep the graph of the way there; breaks: its result holds no autograd graph, seen in requires_grad"
def weighted(f, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """The gradient (n,) of v · f(x) at x (n,), for weights v (m,)."""
    leaf = x.detach().clone().requires_grad_()
    return torch.autograd.grad(f(leaf), leaf, v)[0]


def rows(f, x: torch.Tensor) -> torch.Tensor:
    """The Jacobian (m, n) of f at x (n,)."""
    leaf = x.detach().clone().requires_grad_()
    y = f(leaf)
    return torch.stack([torch.autograd.grad(one, leaf, create_graph=True)[0] for one in y])


# %% wrong="jacobian_rows: weighted asks x itself for a gradient and takes only the asking back; breaks: x must be as it was, without a gradient, seen in x.grad"
def weighted(f, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """The gradient (n,) of v · f(x) at x (n,), for weights v (m,)."""
    x.requires_grad_(True)
    f(x).backward(v)
    x.detach_()
    return x.grad.clone()


def rows(f, x: torch.Tensor) -> torch.Tensor:
    """The Jacobian (m, n) of f at x (n,)."""
    leaf = x.detach().clone().requires_grad_()
    y = f(leaf)
    return torch.stack([torch.autograd.grad(one, leaf, retain_graph=True)[0] for one in y])


# %% right="both_ways: exact fractions for the point, so that rounding comes last, and constants made into tensors"
def both_ways(formulas: list[str], names: str, point: list[float]) -> tuple[torch.Tensor, torch.Tensor]:
    """The Jacobian of the formulas at a point, by algebra and by torch, in float64."""
    symbols = sympy.symbols(names, seq=True)
    table = sympy.Matrix([sympy.sympify(formula) for formula in formulas])
    exact = table.jacobian(list(symbols))
    there = exact.subs(dict(zip(symbols, map(sympy.Rational, point), strict=True)))
    f = sympy.lambdify(symbols, list(table), modules="torch")
    x = torch.tensor(point, dtype=torch.float64)
    by_torch = torch.autograd.functional.jacobian(lambda v: torch.stack([one + 0 * v[0] for one in f(*v)]), x)
    return torch.tensor(np.array(there.tolist(), dtype=float)), by_torch


# %% right="both_ways: a column matrix of symbols, and the outputs glued by cat"
def both_ways(formulas: list[str], names: str, point: list[float]) -> tuple[torch.Tensor, torch.Tensor]:
    """The Jacobian of the formulas at a point, by algebra and by torch, in float64."""
    symbols = sympy.symbols(names, seq=True)
    table = sympy.Matrix([sympy.sympify(formula) for formula in formulas])
    exact = table.jacobian(sympy.Matrix(symbols))
    there = exact.subs(dict(zip(list(symbols), list(point), strict=True)))
    f = sympy.lambdify(symbols, list(table), modules="torch")
    x = torch.tensor(point, dtype=torch.float64)
    by_torch = torch.autograd.functional.jacobian(lambda v: torch.cat([one.reshape(1) for one in f(*v.unbind())]), x)
    return torch.tensor(np.array(there.tolist(), dtype=float)), by_torch


# %% right="both_ways: the entries are picked by number, and the pairs come from generators"
def both_ways(formulas: list[str], names: str, point: list[float]) -> tuple[torch.Tensor, torch.Tensor]:
    """The Jacobian of the formulas at a point, by algebra and by torch, in float64."""
    symbols = sympy.symbols(names, seq=True)
    table = sympy.Matrix([sympy.sympify(formula) for formula in formulas])
    exact = table.copy().jacobian(symbols)
    there = exact.subs(dict(zip((one for one in symbols), (float(one) for one in point), strict=True)))
    f = sympy.lambdify(symbols, list(table), modules="torch")
    x = torch.tensor(point, dtype=torch.float64)
    by_torch = torch.autograd.functional.jacobian(lambda v: torch.stack(tuple(map(torch.clone, f(*v[:])))), x)
    return torch.tensor(np.array(there.tolist(), dtype=float)), by_torch


# %% right="in_pieces: as few and as equal pieces as the size allows, and the share of each goes into backward as its vector"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""
    many = math.ceil(len(x) / size)
    mean_loss = 0.0
    for xb, yb in zip(x.tensor_split(many), y.tensor_split(many), strict=True):
        part = loss_of(w, xb, yb)
        share = len(xb) / len(x)
        part.backward(torch.full_like(part, share))
        mean_loss += share * part.item()
    return mean_loss


# %% right="in_pieces: collects the gradient apart with autograd.grad and adds it at the end, rows cut by a while loop"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""
    collected, losses, begin = torch.zeros_like(w).detach(), [], 0
    while begin < x.shape[0]:
        end = min(begin + size, x.shape[0])
        loss = loss_of(w, x[begin:end], y[begin:end])
        (slope,) = torch.autograd.grad(loss, [w])
        collected += slope * (end - begin)
        losses.append(float(loss.detach()) * (end - begin))
        begin = end
    collected /= x.shape[0]
    w.grad = collected if w.grad is None else w.grad + collected
    return math.fsum(losses) / x.shape[0]


# %% right="in_pieces: recursion that halves a batch until it fits, and hands down what a row counts"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""

    def halved(first, behind):
        if behind - first > size:
            middle = (first + behind) // 2
            return halved(first, middle) + halved(middle, behind)
        share = loss_of(w, x[first:behind], y[first:behind]) * ((behind - first) / len(y))
        share.backward()
        return share.item()

    return halved(0, len(y))


# %% wrong="in_pieces: chunk takes the number of pieces, not their size; breaks: no more than size rows at once, seen with 5 rows and size 2"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""
    total = 0.0
    for xb, yb in zip(torch.chunk(x, size), torch.chunk(y, size)):
        loss = loss_of(w, xb, yb) * len(xb) / len(x)
        loss.backward()
        total += loss.item()
    return total


# %% wrong="in_pieces: takes the rest from the end, and a rest of none is everything; breaks: the mean loss of all rows, seen with 4 rows and size 2"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""
    n = len(x)
    whole, rest = divmod(n, size)
    pieces = [(x[k * size : (k + 1) * size], y[k * size : (k + 1) * size]) for k in range(whole)]
    pieces.append((x[-rest:], y[-rest:]))
    total = 0.0
    for xb, yb in pieces:
        loss = loss_of(w, xb, yb) * len(xb) / n
        loss.backward()
        total += loss.item()
    return total


# %% wrong="in_pieces: always one piece more than fits, whose mean of no rows is nan; breaks: the mean loss of all rows, seen with a multiple of size"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""
    total = 0.0
    for number in range(len(x) // size + 1):
        now = slice(number * size, (number + 1) * size)
        loss = loss_of(w, x[now], y[now]) * len(x[now]) / len(x)
        loss.backward()
        total += loss.item()
    return total


# %% wrong="in_pieces: adds up the sums and divides the whole of w.grad by n at the end; breaks: what w.grad held before stays in the sum, seen with an earlier gradient"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""
    total = 0.0
    for xb, yb in zip(x.split(size), y.split(size)):
        loss = loss_of(w, xb, yb) * len(xb)
        loss.backward()
        total += loss.item()
    w.grad /= len(x)
    return total / len(x)


# %% wrong="in_pieces: retains the graph of every piece and keeps the losses in a list; breaks: only one piece is in memory, seen in what is still alive at the second call"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""
    shares = []
    for xb, yb in zip(x.split(size), y.split(size)):
        shares.append(loss_of(w, xb, yb) * len(xb) / len(x))
        shares[-1].backward(retain_graph=True)
    return sum(share.item() for share in shares)


# %% right="read_off: all rows together by a projection on the scaled bias gradient, sigmoid through tanh"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    chance = (1 + torch.tanh(logits / 2)) / 2
    return torch.sub(chance, grad, alpha=grad.shape[0])


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    scale = grad_b.abs().amax()
    delta = grad_b / scale
    return torch.mv((grad_w / scale).T, delta) / delta.square().sum()


# %% right="read_off: numpy in float64 inside, number by number, and a sort to find the entry to divide by"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    answer = []
    for z, slope in zip(logits.tolist(), grad.tolist(), strict=True):
        small = math.exp(-abs(z))
        answer.append((1 if z >= 0 else small) / (1 + small) - len(grad) * slope)
    return torch.tensor(answer, dtype=logits.dtype)


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    table, column = grad_w.detach().numpy().astype("float64"), grad_b.detach().numpy().astype("float64")
    best = sorted(range(len(column)), key=lambda i: -abs(column[i]))[0]
    return torch.from_numpy(table[best] / column[best]).to(grad_w.dtype)


# %% right="read_off: the sigmoid as the slope of a softplus, found by autograd, and a weighted mean with the signs turned"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    with torch.enable_grad():
        leaf = logits.detach().clone().requires_grad_()
        total = torch.logaddexp(leaf, torch.zeros_like(leaf)).sum()
        (chance,) = torch.autograd.grad(total, leaf)
    return chance - grad.detach() * len(leaf)


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    turned = torch.sign(grad_b)[:, None] * grad_w
    return turned.sum(dim=0) / torch.linalg.vector_norm(grad_b, ord=1)


# %% wrong="read_off: softmax over the rows instead of a sigmoid for each; breaks: the sigmoid in the formula, seen with one row, or with unequal logits"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    return torch.softmax(logits, dim=0) - len(grad) * grad


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    best = grad_b.abs().argmax()
    return grad_w[best] / grad_b[best]


# %% wrong="read_off: rows that cannot be divided become zeros and still count in the mean; breaks: some entries of grad_b may be zero, seen with one zero"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    return torch.sigmoid(logits) - len(grad) * grad


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    return torch.nan_to_num(grad_w / grad_b[:, None]).mean(dim=0)


# %% wrong="read_off: cuts the row out of a flat view; breaks: it accepts non-contiguous tensors, seen with a transposed grad_w"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    return torch.sigmoid(logits) - len(grad) * grad


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    best, features = int(grad_b.abs().argmax()), grad_w.shape[1]
    return grad_w.view(-1)[best * features : (best + 1) * features] / grad_b[best]


# %% wrong="read_off: the largest entry of each column over the largest of the bias; breaks: they have any sign, seen with two outputs and a negative feature"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    return torch.sigmoid(logits) - len(grad) * grad


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    return grad_w.amax(dim=0) / grad_b.amax()


# %% right="squares: an extended slice goes backwards from the last but one"
def squares(x: float, times: int) -> tuple[float, float]:
    """What x becomes when it is squared so many times in a row, and the slope of that with respect to x."""
    values = [x]
    for _ in range(times):
        values.append(values[-1] * values[-1])
    slope = 1.0
    for value in list(values[-2::-1]):
        slope = slope * (value + value)
    return values[-1], slope


# %% right="squares: all factors of two first, then the bare values in any order"
def squares(x: float, times: int) -> tuple[float, float]:
    """What x becomes when it is squared so many times in a row, and the slope of that with respect to x."""
    values = [x]
    for _ in range(times):
        values.append(pow(values[-1], 2))
    slope = 2.0**times
    for value in iter(values[:times]):
        slope = slope * value
    return values[-1], slope


# %% right="squares: a lambda takes the last value away before it turns the list round"
def squares(x: float, times: int) -> tuple[float, float]:
    """What x becomes when it is squared so many times in a row, and the slope of that with respect to x."""
    values = [x]
    for _ in range(times):
        values.append(math.prod(2 * values[-1:]))
    slope = float(True)
    for value in (lambda those: those[:-1][::-1])(values):
        slope = slope * math.fsum([value, value])
    return values[-1], slope


# %% wrong="squares: adds the twos up instead of multiplying them; breaks: slopes of steps in a row multiply, seen with three squarings"
def squares(x: float, times: int) -> tuple[float, float]:
    """What x becomes when it is squared so many times in a row, and the slope of that with respect to x."""
    values = [x]
    for _ in range(times):
        values.append(values[-1] ** 2)
    slope = max(1.0, 2.0 * times)
    for value in reversed(values[:-1]):
        slope = slope * value
    return values[-1], slope


# %% wrong="squares: takes the exponent for two times the number of squarings in the slope; breaks: the slope with respect to x, seen with one or two squarings right and three wrong"
def squares(x: float, times: int) -> tuple[float, float]:
    """What x becomes when it is squared so many times in a row, and the slope of that with respect to x."""
    values = [x]
    for _ in range(times):
        values.append(values[-1] ** 2)
    slope = 2 * times * x ** (2 * times - 1) if times else 1.0
    for value in reversed(values[:0]):
        slope = slope * 1
    return values[-1], slope


# %% wrong="squares: the value is x to the power 2, 4, 6; breaks: squared so many times in a row, seen with three squarings"
def squares(x: float, times: int) -> tuple[float, float]:
    """What x becomes when it is squared so many times in a row, and the slope of that with respect to x."""
    values = [x]
    for _ in range(times):
        values.append(x ** (2 * len(values)))
    slope = 1.0
    for value in reversed(values[:-1]):
        slope = slope * (2 * value)
    return values[-1], slope


# %% wrong="squares: takes the size of each value; breaks: the slope, seen with a negative start"
def squares(x: float, times: int) -> tuple[float, float]:
    """What x becomes when it is squared so many times in a row, and the slope of that with respect to x."""
    values = [x]
    for _ in range(times):
        values.append(values[-1] ** 2)
    slope = 1.0
    for value in reversed(values[:-1]):
        slope = slope * (2 * abs(value))
    return values[-1], slope


# %% wrong="squares: a set keeps equal values once; breaks: one local slope for each step, seen with a start of 1"
def squares(x: float, times: int) -> tuple[float, float]:
    """What x becomes when it is squared so many times in a row, and the slope of that with respect to x."""
    values = [x]
    for _ in range(times):
        values.append(values[-1] ** 2)
    slope = 1.0
    for value in set(values[:-1]):
        slope = slope * (2 * value)
    return values[-1], slope


# %% right="elementwise: the logarithm goes back through the exponential of the result, the sign of the difference shares a maximum"
def log_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = np.log(x)."""
    return (grad * np.exp(-out),)


def sigmoid_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = 1 / (1 + np.exp(-x))."""
    return (grad * -out * (out - 1),)


def multiply_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x * y."""
    return np.multiply(y, grad), np.multiply(x, grad)


def maximum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = np.maximum(x, y), with ties halved."""
    share = np.where(True, (np.sign(x - y) + 1) / 2, 0.0)
    return share * grad, (1 + -share) * grad


# %% right="elementwise: two nested wheres, each side asked on its own"
def log_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = np.log(x)."""
    return (np.divide(grad, x),)


def sigmoid_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = 1 / (1 + np.exp(-x))."""
    return (grad * (out - np.square(out)),)


def multiply_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x * y."""
    return y * grad, x * grad


def maximum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = np.maximum(x, y), with ties halved."""
    share = np.where(x > y, 1.0, np.where(x < y, 0.0, 0.5))
    return share * grad, (np.where(y > x, 1.0, np.where(y < x, 0.0, 0.5))) * grad


# %% right="elementwise: compares both with the result, and einsum multiplies"
def log_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = np.log(x)."""
    return (grad * x**-1.0,)


def sigmoid_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = 1 / (1 + np.exp(-x))."""
    return (grad * (1 - np.tanh(x / 2) ** 2) / 4,)


def multiply_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x * y."""
    return np.einsum("...,...->...", grad, y), np.einsum("...,...->...", grad, x)


def maximum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = np.maximum(x, y), with ties halved."""
    share = np.where(x == out, 1 / (1.0 + (y == out)), 0.0)
    return share * grad, ((y == out) / (1.0 + (x == out))) * grad


# %% wrong="elementwise: the logarithm takes the exponential of minus x, not of minus out; breaks: back through log, seen with any x"
def log_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = np.log(x)."""
    return (grad * np.exp(-x),)


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


# %% wrong="elementwise: the sigmoid keeps one of its two factors, written with an exponential; breaks: sigma (1 - sigma), seen with any x"
def log_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = np.log(x)."""
    return (grad / x,)


def sigmoid_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = 1 / (1 + np.exp(-x))."""
    return (grad * (out * np.exp(-x)),)


def multiply_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x * y."""
    return grad * y, grad * x


def maximum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = np.maximum(x, y), with ties halved."""
    share = np.where(x == y, 0.5, x > y)
    return share * grad, (1 - share) * grad


# %% wrong="elementwise: divides the product by one factor to get the other; breaks: back through x * y, seen with a zero, where it is nan"
def log_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = np.log(x)."""
    return (grad / x,)


def sigmoid_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray) -> tuple[np.ndarray]:
    """Back through out = 1 / (1 + np.exp(-x))."""
    return (grad * out * (1 - out),)


def multiply_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x * y."""
    return grad * out / x, grad * out / y


def maximum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = np.maximum(x, y), with ties halved."""
    share = np.where(x == y, 0.5, x > y)
    return share * grad, (1 - share) * grad


# %% wrong="elementwise: compares sizes without signs; breaks: the whole slope to whoever was larger, seen with a negative entry"
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
    share = np.where(abs(x) == abs(y), 0.5, abs(x) > abs(y))
    return share * grad, (1 - share) * grad


# %% right="unbroadcast: numbers the entries of the input, broadcasts the numbers, and lets bincount add up"
def unbroadcast(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The slopes of an input of this shape, whose copies have the slopes grad."""
    many = math.prod(shape)
    owner = np.broadcast_to(np.arange(many).reshape(shape), np.shape(grad))
    return np.bincount(owner.ravel(), weights=np.ravel(grad), minlength=many).reshape(shape)


# %% right="unbroadcast: visits each copy in a loop and brings it home to its place"
def unbroadcast(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The slopes of an input of this shape, whose copies have the slopes grad."""
    home = np.zeros(shape)
    extra = grad.ndim - len(shape)
    for place in np.ndindex(*grad.shape):
        target = tuple(0 if size == 1 else at for at, size in zip(place[extra:], shape, strict=True))
        home[target] += grad[place]
    return home


# %% right="unbroadcast: pads the shape with ones on the left, collapses from the last axis to the first by recursion"
def unbroadcast(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The slopes of an input of this shape, whose copies have the slopes grad."""
    padded = (1,) * (np.ndim(grad) - len(shape)) + tuple(shape)

    def collapse(table, axis):
        if axis < 0:
            return table
        if padded[axis] == 1:
            table = np.add.reduce(table, axis=axis, keepdims=True)
        return collapse(table, axis - 1)

    return np.array(collapse(grad, len(padded) - 1)).reshape(shape)


# %% wrong="unbroadcast: finds only the first axis of size 1; breaks: axes of size 1 are stretched, seen with shape (1, 3, 1) or (1, 1)"
def unbroadcast(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The slopes of an input of this shape, whose copies have the slopes grad."""
    grad = grad.sum(axis=tuple(range(grad.ndim - len(shape))))
    if 1 in shape:
        grad = grad.sum(axis=shape.index(1), keepdims=True)
    return grad


# %% wrong="unbroadcast: either axes were put in or they were stretched, never both; breaks: the rule of broadcasting, seen with (2, 4, 3) to (4, 1)"
def unbroadcast(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The slopes of an input of this shape, whose copies have the slopes grad."""
    if grad.ndim > len(shape):
        return grad.sum(axis=tuple(range(grad.ndim - len(shape))))
    return grad.sum(axis=tuple(axis for axis, size in enumerate(shape) if size == 1), keepdims=True)


# %% wrong="unbroadcast: looks for each size from the left and sums the axes that it did not find; breaks: lined up at their right ends, seen with (3, 3) to (3,)"
def unbroadcast(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The slopes of an input of this shape, whose copies have the slopes grad."""
    kept, axis = [], 0
    for size in shape:
        if size > 1:
            axis = grad.shape.index(size, axis)
            kept.append(axis)
            axis += 1
    return np.asarray(grad.sum(axis=tuple(a for a in range(grad.ndim) if a not in kept))).reshape(shape)


# %% wrong="unbroadcast: takes ones on the left for missing axes and loses them; breaks: in its own shape, seen with (2, 3) to (1, 3)"
def unbroadcast(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The slopes of an input of this shape, whose copies have the slopes grad."""
    while len(shape) > 0 and shape[0] == 1:
        shape = shape[1:]
    grad = grad.sum(axis=tuple(range(grad.ndim - len(shape))))
    for axis, size in enumerate(shape):
        if size == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad


# %% right="shape_changers: numbers the entries of x, picks the numbers with the same index, and lets bincount add up; einsum for the product"
def sum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, axis: int | None, keepdims: bool) -> tuple[np.ndarray]:
    """Back through out = x.sum(axis=axis, keepdims=keepdims)."""
    lengths = [1 if axis is None or k == axis % x.ndim else size for k, size in enumerate(x.shape)]
    return (np.array(np.broadcast_to(np.reshape(grad, lengths), x.shape)),)


def getitem_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, index) -> tuple[np.ndarray]:
    """Back through out = x[index]."""
    owners = np.arange(x.size).reshape(x.shape)[index]
    return (np.bincount(np.ravel(owners), weights=np.ravel(grad), minlength=x.size).reshape(x.shape),)


def matmul_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x @ y, for matrices (n, k) and (k, m)."""
    return np.einsum("nm,km->nk", grad, y), np.einsum("nm,nk->km", grad, x)


# %% right="shape_changers: writes through a moved axis, adds pick by pick in a loop, and a matrix product as a sum of outer products"
def sum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, axis: int | None, keepdims: bool) -> tuple[np.ndarray]:
    """Back through out = x.sum(axis=axis, keepdims=keepdims)."""
    result = np.empty(x.shape)
    if axis is None:
        result[...] = np.reshape(grad, ())
    else:
        np.moveaxis(result, axis, 0)[...] = np.moveaxis(grad, axis, 0) if keepdims else grad
    return (result,)


def getitem_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, index) -> tuple[np.ndarray]:
    """Back through out = x[index]."""
    flat = np.zeros(x.size)
    owners = np.arange(x.size).reshape(x.shape)[index]
    for owner, share in zip(np.ravel(owners), np.ravel(grad), strict=True):
        flat[owner] += share
    return (flat.reshape(x.shape),)


def matmul_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x @ y, for matrices (n, k) and (k, m)."""
    to_x, to_y = np.zeros(x.shape), np.zeros(y.shape)
    for k in range(y.shape[0]):
        to_x[:, k] = grad.dot(y[k])
        to_y[k] = x[:, k].dot(grad)
    return to_x, to_y


# %% right="shape_changers: repeats along the axis, add.at inside an early return, and transposes of products of transposes"
def sum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, axis: int | None, keepdims: bool) -> tuple[np.ndarray]:
    """Back through out = x.sum(axis=axis, keepdims=keepdims)."""
    if axis is None:
        return (np.full(x.shape, np.asarray(grad).item(), dtype=np.float64),)
    kept = grad if keepdims else np.expand_dims(grad, axis=axis)
    return (np.repeat(kept, x.shape[axis], axis=axis),)


def getitem_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, index) -> tuple[np.ndarray]:
    """Back through out = x[index]."""
    slopes_of_x = np.zeros_like(x, dtype=np.float64)
    if np.size(grad) == 0:
        return (slopes_of_x,)
    np.add.at(slopes_of_x, index, grad)
    return (slopes_of_x,)


def matmul_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x @ y, for matrices (n, k) and (k, m)."""
    return np.transpose(y @ np.transpose(grad)), np.transpose(np.transpose(grad) @ x)


# %% wrong="shape_changers: puts the axis in although it was kept; breaks: back through sum with keepdims, in the shape of x, seen with keepdims True"
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


# %% wrong="shape_changers: list.insert with a negative place puts the axis one too far left; breaks: axis from the right if negative, seen with axis -1"
def sum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, axis: int | None, keepdims: bool) -> tuple[np.ndarray]:
    """Back through out = x.sum(axis=axis, keepdims=keepdims)."""
    lengths = list(np.shape(grad))
    if axis is not None and not keepdims:
        lengths.insert(axis, 1)
    return (np.ones(x.shape) * np.reshape(grad, lengths),)


def getitem_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, index) -> tuple[np.ndarray]:
    """Back through out = x[index]."""
    result = np.zeros(x.shape)
    np.add.at(result, index, grad)
    return (result,)


def matmul_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x @ y, for matrices (n, k) and (k, m)."""
    return grad @ y.T, x.T @ grad


# %% wrong="shape_changers: makes one array of whole numbers of the index; breaks: anything that numpy allows, seen with a mask, a slice or a tuple of arrays"
def sum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, axis: int | None, keepdims: bool) -> tuple[np.ndarray]:
    """Back through out = x.sum(axis=axis, keepdims=keepdims)."""
    if axis is not None and not keepdims:
        grad = np.expand_dims(grad, axis)
    return (np.ones(x.shape) * grad,)


def getitem_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, index) -> tuple[np.ndarray]:
    """Back through out = x[index]."""
    result = np.zeros(x.shape)
    np.add.at(result, np.asarray(index, dtype=int), grad)
    return (result,)


def matmul_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x @ y, for matrices (n, k) and (k, m)."""
    return grad @ y.T, x.T @ grad


# %% wrong="shape_changers: tries y before its transpose and takes the first that fits; breaks: back through x @ y, seen with a square y"
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
    other = y if grad.shape[1] == y.shape[0] and y.shape[1] == x.shape[1] else y.T
    return grad @ other, x.T @ grad


# %% wrong="shape_changers: shares the slope out when everything is summed, as a mean would; breaks: each term of a sum has slope 1, seen with axis None"
def sum_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, axis: int | None, keepdims: bool) -> tuple[np.ndarray]:
    """Back through out = x.sum(axis=axis, keepdims=keepdims)."""
    if axis is None:
        return (np.ones(x.shape) * grad / x.size,)
    return (np.ones(x.shape) * (grad if keepdims else np.expand_dims(grad, axis)),)


def getitem_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, index) -> tuple[np.ndarray]:
    """Back through out = x[index]."""
    result = np.zeros(x.shape)
    np.add.at(result, index, grad)
    return (result,)


def matmul_back(grad: np.ndarray, out: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back through out = x @ y, for matrices (n, k) and (k, m)."""
    return grad @ y.T, x.T @ grad


# %% right="two_layers: a norm of order one as the sum, take_along_axis for the picks, heaviside for the bend"
def softmax_loss(scores: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """The mean negative logarithm of the right classes' chances, and its slopes with respect to the scores (n, o)."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))  # the same chances, and no power is too large
    chances = powers / np.linalg.norm(powers, ord=1, axis=1)[:, None]
    rows = np.arange(len(labels))
    loss = -np.log(np.take_along_axis(chances, labels[:, None], axis=1)).mean()
    delta = chances.copy()
    delta[rows, labels] -= 1.0
    return loss, 1 / scores.shape[0] * delta


def two_layers(x, labels, w1, b1, w2, b2) -> tuple[float, tuple[np.ndarray, ...]]:
    """The loss of the network, and its slopes with respect to w1, b1, w2 and b2."""
    before = x @ w1 + b1
    hidden = np.maximum(before, 0)
    loss, delta2 = softmax_loss(hidden @ w2 + b2, labels)
    grad_w2 = np.einsum("ab,ac->bc", hidden, delta2)
    grad_b2 = delta2.sum(axis=0)
    delta1 = np.einsum("ac,bc->ab", delta2, w2) * (np.heaviside(before, 0.0))
    grad_w1 = np.einsum("nd,nh->dh", x, delta1)
    grad_b1 = np.einsum("nh->h", delta1)
    return loss, (grad_w1, grad_b1, grad_w2, grad_b2)


# %% right="two_layers: a mask of the right classes from an identity matrix, and a row of ones that sums"
def softmax_loss(scores: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """The mean negative logarithm of the right classes' chances, and its slopes with respect to the scores (n, o)."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))  # the same chances, and no power is too large
    chances = powers / np.einsum("no->n", powers)[:, None]
    rows = np.arange(len(labels))
    loss = -np.log((chances * np.eye(scores.shape[1])[labels]).sum(axis=1)).mean()
    delta = chances.copy()
    delta[np.eye(scores.shape[1], dtype=bool)[labels]] -= 1
    return loss, 1 / float(rows.size) * delta


def two_layers(x, labels, w1, b1, w2, b2) -> tuple[float, tuple[np.ndarray, ...]]:
    """The loss of the network, and its slopes with respect to w1, b1, w2 and b2."""
    before = x @ w1 + b1
    hidden = np.maximum(before, 0)
    loss, delta2 = softmax_loss(hidden @ w2 + b2, labels)
    grad_w2 = np.einsum("nh,no->ho", hidden, delta2)
    grad_b2 = delta2.sum(axis=0)
    delta1 = np.einsum("no,ho->nh", delta2, w2) * (hidden > 0)
    grad_w1 = np.einsum("nh,nd->dh", delta1, x)
    grad_b1 = np.ones(len(x)) @ delta1
    return loss, (grad_w1, grad_b1, grad_w2, grad_b2)


# %% right="two_layers: takes the whole table of truths away at once, and a product with a column of ones"
def softmax_loss(scores: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """The mean negative logarithm of the right classes' chances, and its slopes with respect to the scores (n, o)."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))  # the same chances, and no power is too large
    chances = powers / powers.dot(np.ones((scores.shape[1], 1)))
    rows = np.arange(len(labels))
    loss = -np.log(np.array([chances[row, label] for row, label in zip(rows, labels)])).mean()
    delta = chances.copy()
    delta[...] -= 1.0 * (labels[:, None] == np.arange(scores.shape[1]))
    return loss, 1 / labels.size * delta


def two_layers(x, labels, w1, b1, w2, b2) -> tuple[float, tuple[np.ndarray, ...]]:
    """The loss of the network, and its slopes with respect to w1, b1, w2 and b2."""
    before = x @ w1 + b1
    hidden = np.maximum(before, 0)
    loss, delta2 = softmax_loss(hidden @ w2 + b2, labels)
    grad_w2 = np.einsum("n...,no->...o", hidden, delta2)
    grad_b2 = delta2.sum(axis=0)
    delta1 = np.einsum("no,ho->nh", delta2, w2) * (np.sign(hidden))
    grad_w1 = np.einsum("nd,nh->dh", x, delta1)
    grad_b1 = np.add.reduce(delta1)
    return loss, (grad_w1, grad_b1, grad_w2, grad_b2)


# %% wrong="two_layers: the loss takes the chance of the likeliest class; breaks: the right classes chances, seen with a wrong prediction"
def softmax_loss(scores: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """The mean negative logarithm of the right classes' chances, and its slopes with respect to the scores (n, o)."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))  # the same chances, and no power is too large
    chances = powers / powers.sum(axis=1, keepdims=True)
    rows = np.arange(len(labels))
    loss = -np.log(chances.max(axis=1)).mean()
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


# %% wrong="two_layers: asks whether the bent values are at least zero, which they all are; breaks: before > 0, seen with a unit that is off"
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
    delta1 = np.einsum("no,ho->nh", delta2, w2) * (hidden >= 0)
    grad_w1 = np.einsum("nd,nh->dh", x, delta1)
    grad_b1 = delta1.sum(axis=0)
    return loss, (grad_w1, grad_b1, grad_w2, grad_b2)


# %% wrong="two_layers: asks for the sign before the bias; breaks: before > 0, seen with a bias that switches a unit on or off"
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
    delta1 = np.einsum("no,ho->nh", delta2, w2) * (x @ w1 > 0)
    grad_w1 = np.einsum("nd,nh->dh", x, delta1)
    grad_b1 = delta1.sum(axis=0)
    return loss, (grad_w1, grad_b1, grad_w2, grad_b2)


# %% wrong="two_layers: two letters for the outputs, so that both are summed on their own; breaks: delta2 times the transpose of w2, seen with any weights"
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
    delta1 = np.einsum("no,hp->nh", delta2, w2) * (before > 0)
    grad_w1 = np.einsum("nd,nh->dh", x, delta1)
    grad_b1 = delta1.sum(axis=0)
    return loss, (grad_w1, grad_b1, grad_w2, grad_b2)


# %% right="in_order: a stack of iterators over the parents, as if the calls were its own"
def in_order(end, parents_of) -> list:
    """All nodes that end was made from, and end itself, each after its parents."""
    finished, met, path = [], {end}, [(end, iter(parents_of(end)))]
    while path:
        node, rest = path[-1]
        for parent in rest:
            if parent not in met:
                met.add(parent)
                path.append((parent, iter(parents_of(parent))))
                break
        else:
            finished.append(node)
            path.pop()
    return finished


# %% right="in_order: finds everybody first, then counts uses down from the end and turns the order round"
def in_order(end, parents_of) -> list:
    """All nodes that end was made from, and end itself, each after its parents."""
    table, waiting = {}, [end]
    while waiting:
        node = waiting.pop()
        if node not in table:
            table[node] = tuple(parents_of(node))
            waiting.extend(table[node])
    uses = dict.fromkeys(table, 0)
    for parents in table.values():
        for parent in parents:
            uses[parent] += 1
    backwards = [end]
    for node in backwards:
        for parent in table[node]:
            uses[parent] -= 1
            if uses[parent] == 0:
                backwards.append(parent)
    return backwards[::-1]


# %% right="in_order: counts missing parents, and lets those go first that wait for nobody, with a table of children"
def in_order(end, parents_of) -> list:
    """All nodes that end was made from, and end itself, each after its parents."""
    missing, children, queue = {}, {}, [end]
    while queue:
        node = queue.pop(0)
        if node in missing:
            continue
        own = set(parents_of(node))
        missing[node] = len(own)
        for parent in own:
            children.setdefault(parent, []).append(node)
            queue.append(parent)
    order = [node for node, count in missing.items() if count == 0]
    for node in order:
        for child in children.get(node, ()):
            missing[child] -= 1
            if not missing[child]:
                order.append(child)
    return order


# %% wrong="in_order: walks every path and keeps the last meeting of each node; breaks: more paths than atoms, seen with forty doublings in a row"
def in_order(end, parents_of) -> list:
    """All nodes that end was made from, and end itself, each after its parents."""
    met = [end]
    for node in met:
        met.extend(parents_of(node))
    return list(dict.fromkeys(reversed(met)))


# %% wrong="in_order: marks a node when it is put on the list instead of when it is opened; breaks: each after all of its parents, seen with parents c, a where c was made from a"
def in_order(end, parents_of) -> list:
    """All nodes that end was made from, and end itself, each after its parents."""
    order, marked, waiting = [], {end}, [(end, False)]
    while waiting:
        node, parents_done = waiting.pop()
        if parents_done:
            order.append(node)
            continue
        waiting.append((node, True))
        for parent in reversed(parents_of(node)):
            if parent not in marked:
                marked.add(parent)
                waiting.append((parent, False))
    return order


# %% wrong="in_order: counts a parent once for each child but counts it down once for each use; breaks: each after all of its parents, seen with a node that squares something used elsewhere too"
def in_order(end, parents_of) -> list:
    """All nodes that end was made from, and end itself, each after its parents."""
    table, waiting = {}, [end]
    while waiting:
        node = waiting.pop()
        if node not in table:
            table[node] = list(parents_of(node))
            waiting.extend(table[node])
    children = {node: 0 for node in table}
    for parents in table.values():
        for parent in set(parents):
            children[parent] += 1
    ready, backwards = [end], []
    while ready:
        node = ready.pop()
        backwards.append(node)
        for parent in table[node]:
            children[parent] -= 1
            if children[parent] == 0:
                ready.append(parent)
    return backwards[::-1]


# %% wrong="in_order: turns the list of parents round in place; breaks: leave it as it is, seen in the order of the parents afterwards"
def in_order(end, parents_of) -> list:
    """All nodes that end was made from, and end itself, each after its parents."""
    order, opened, waiting = [], set(), [(end, False)]
    while waiting:
        node, parents_done = waiting.pop()
        if parents_done:
            order.append(node)
        elif node not in opened:
            opened.add(node)
            waiting.append((node, True))
            parents = parents_of(node)
            parents.reverse()
            waiting.extend((parent, False) for parent in parents)
    return order


# %% wrong="in_order: sorts by the shortest way from a leaf, where it needs the longest; breaks: each after all of its parents, seen with a node made from a leaf and something deep"
def in_order(end, parents_of) -> list:
    """All nodes that end was made from, and end itself, each after its parents."""
    table, found = {end: list(parents_of(end))}, [end]
    for node in found:
        for parent in table[node]:
            if parent not in table:
                table[parent] = list(parents_of(parent))
                found.append(parent)
    level = {}
    while len(level) < len(found):
        for node in reversed(found):
            if node not in level and all(parent in level for parent in table[node]):
                level[node] = 1 + min((level[parent] for parent in table[node]), default=0)
    return sorted(found[1:], key=level.get) + [end]


# %% right="backprop: collects the shares of everybody in lists and adds them only when they are needed"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    shares = {id(node): [] for node in order}
    shares[id(end)].append(np.ones(end.array.shape))
    for node in order[::-1]:
        if not node.requires_grad or not shares[id(node)]:
            continue
        total = np.array(sum(shares[id(node)][1:], shares[id(node)][0]))
        if node.recipe is None:
            node.grad = total if node.grad is None else np.array(node.grad + total)
        else:
            name, parents, options = node.recipe
            arrays = (parent.array for parent in parents)
            for parent, share in zip(parents, back[name](total, node.array, *arrays, **options), strict=True):
                shares[id(parent)].append(share)


# %% right="backprop: a ledger of its own zeros for each place in the order, added into with out, and the leaves served in a second round"
class Ledger:
    def __init__(self, order):
        self.place = {id(node): number for number, node in enumerate(order)}
        self.sums = [np.zeros(np.shape(node.array)) for node in order]

    def add(self, node, share):
        own = self.sums[self.place[id(node)]]
        np.add(own, share, out=own)

    def read(self, node):
        return self.sums[self.place[id(node)]].copy()


def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    ledger = Ledger(order)
    ledger.add(end, 1.0)
    for node in reversed(order):
        if node.recipe:
            recipe = node.recipe
            arrays = [parent.array for parent in recipe.parents]
            slopes_back = back[recipe.name](ledger.read(node), node.array, *arrays, **recipe.options)
            for number, parent in enumerate(recipe.parents):
                ledger.add(parent, slopes_back[number])
    for leaf in order:
        if leaf.requires_grad and leaf.recipe is None:
            leaf.grad = np.array(ledger.read(leaf) + (0.0 if leaf.grad is None else leaf.grad))


# %% right="backprop: takes tensors off a copied order and pops their finished slopes out of a dict keyed by the tensors"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    todo, slope_of = list(order), {end: np.ones_like(end.array, dtype=float)}
    while todo:
        node = todo.pop()
        slope = slope_of.pop(node, None)
        if slope is None or not node.requires_grad:
            continue
        if node.recipe is None:
            before = np.zeros(node.array.shape) if node.grad is None else node.grad
            node.grad = np.asarray(np.add(before, slope))
            continue
        parents = node.recipe.parents
        found = back[node.recipe.name](slope, node.array, *[one.array for one in parents], **node.recipe.options)
        for parent, share in zip(parents, found, strict=True):
            if parent.requires_grad:
                slope_of[parent] = share + slope_of.get(parent, 0.0)


# %% wrong="backprop: adds into the old .grad in place; breaks: no old .grad is changed in place, seen by whoever holds it from an earlier walk"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    slope_of = {id(end): np.ones_like(end.array)}
    for node in reversed(order):
        slope = slope_of.get(id(node))
        if slope is None or not node.requires_grad:
            continue
        if node.recipe is None:
            if node.grad is None:
                node.grad = np.zeros(node.array.shape)
            node.grad += slope
            continue
        name, parents, options = node.recipe
        for parent, share in zip(parents, back[name](slope, node.array, *[p.array for p in parents], **options)):
            slope_of[id(parent)] = slope_of.get(id(parent), 0.0) + share


# %% wrong="backprop: adds a second share into the first in place, which add gave to both parents; breaks: no array that somebody else may be holding, seen with x + y where x is used again"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    slope_of = {id(end): np.ones_like(end.array)}
    for node in reversed(order):
        slope = slope_of.get(id(node))
        if slope is None or not node.requires_grad:
            continue
        if node.recipe is None:
            node.grad = np.array(slope if node.grad is None else node.grad + slope)
            continue
        name, parents, options = node.recipe
        for parent, share in zip(parents, back[name](slope, node.array, *[p.array for p in parents], **options)):
            if id(parent) in slope_of:
                slope_of[id(parent)] += share
            else:
                slope_of[id(parent)] = share


# %% wrong="backprop: does not carry on shares that are all zero; breaks: the slope goes to every leaf that requires a gradient, seen with x times 0, whose .grad stays None"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    slope_of = {id(end): np.ones_like(end.array)}
    for node in reversed(order):
        slope = slope_of.get(id(node))
        if slope is None or not node.requires_grad:
            continue
        if node.recipe is None:
            node.grad = np.array(slope if node.grad is None else node.grad + slope)
            continue
        name, parents, options = node.recipe
        for parent, share in zip(parents, back[name](slope, node.array, *[p.array for p in parents], **options)):
            if np.any(share):
                slope_of[id(parent)] = slope_of.get(id(parent), 0.0) + share


# %% wrong="backprop: begins with a bare 1 whatever the shape of end; breaks: a tensor with one number, seen with an end of shape (1, 1) from a matrix product"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    slope_of = {id(end): np.array(1.0)}
    for node in reversed(order):
        slope = slope_of.get(id(node))
        if slope is None or not node.requires_grad:
            continue
        if node.recipe is None:
            node.grad = np.array(slope if node.grad is None else node.grad + slope)
            continue
        name, parents, options = node.recipe
        for parent, share in zip(parents, back[name](slope, node.array, *[p.array for p in parents], **options)):
            slope_of[id(parent)] = slope_of.get(id(parent), 0.0) + share


# %% wrong="backprop: the numbers of a tensor are the key of its slope; breaks: the slope of every leaf, seen with two leaves of equal numbers"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    key = lambda node: (node.array.shape, node.array.tobytes())
    slope_of = {key(end): np.ones_like(end.array)}
    for node in reversed(order):
        slope = slope_of.get(key(node))
        if slope is None or not node.requires_grad:
            continue
        if node.recipe is None:
            node.grad = np.array(slope if node.grad is None else node.grad + slope)
            continue
        name, parents, options = node.recipe
        for parent, share in zip(parents, back[name](slope, node.array, *[p.array for p in parents], **options)):
            slope_of[key(parent)] = slope_of.get(key(parent), 0.0) + share


# %% right="fit_line: the gradient from paper, with plain vectors and no diary at all"
def fit_line(x: torch.Tensor, y: torch.Tensor, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features,) and bias () of the line after so many steps from zeros."""
    with torch.no_grad():
        w, b = x.new_zeros(x.shape[1]), x.new_zeros(())
        for _ in range(steps):
            slope = 2 * (torch.mv(x, w) + b - y) / len(y)
            w, b = w - lr * (x.T @ slope), b - lr * slope.sum()
    return w, b


# %% right="fit_line: a column of ones makes the bias a weight, mse_loss, and an optimiser walks"
def fit_line(x: torch.Tensor, y: torch.Tensor, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features,) and bias () of the line after so many steps from zeros."""
    wide = torch.cat([x.detach(), torch.ones(len(x), 1, dtype=x.dtype)], dim=1)
    all_weights = torch.zeros(wide.shape[1], dtype=x.dtype, requires_grad=True)
    walker = torch.optim.SGD([all_weights], lr=lr)
    for _ in range(steps):
        walker.zero_grad()
        F.mse_loss(wide @ all_weights, y.detach()).backward()
        walker.step()
    *weights_found, bias_found = all_weights.detach().unbind()
    return torch.stack(weights_found), bias_found.clone()


# %% right="fit_line: keeps her columns and gives y one too, einsum, and autograd.grad in place of backward"
def fit_line(x: torch.Tensor, y: torch.Tensor, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features,) and bias () of the line after so many steps from zeros."""
    parameters = [torch.zeros(x.shape[1], 1, dtype=x.dtype), torch.zeros((), dtype=x.dtype)]
    answers = y.reshape(-1, 1)
    for _ in range(steps):
        w, b = [one.detach().requires_grad_() for one in parameters]
        loss = torch.square(torch.einsum("nf,fo->no", x, w) + b - answers).mean()
        slopes_now = torch.autograd.grad(loss, (w, b))
        parameters = [(one - lr * slope).detach() for one, slope in zip((w, b), slopes_now, strict=True)]
    return parameters[0][:, 0], parameters[1]


# %% wrong="fit_line: takes the mean of the products over the features; breaks: the line, whose prediction is a sum, seen with two features"
def fit_line(x: torch.Tensor, y: torch.Tensor, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features,) and bias () of the line after so many steps from zeros."""
    w = torch.zeros(x.shape[1], dtype=x.dtype, requires_grad=True)
    b = torch.zeros((), dtype=x.dtype, requires_grad=True)
    for _ in range(steps):
        loss = (((x * w).mean(dim=1) + b - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            for parameter in (w, b):
                parameter -= lr * parameter.grad
                parameter.grad = None
    return w.detach(), b.detach()


# %% wrong="fit_line: turns everything into float32 first; breaks: returns tensors of the same type, seen with float64"
def fit_line(x: torch.Tensor, y: torch.Tensor, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features,) and bias () of the line after so many steps from zeros."""
    x, y = x.float(), y.float().unsqueeze(1)
    w = torch.zeros(x.shape[1], 1, requires_grad=True)
    b = torch.zeros((), requires_grad=True)
    for _ in range(steps):
        loss = ((x @ w + b - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            for parameter in (w, b):
                parameter -= lr * parameter.grad
                parameter.grad = None
    return w.detach().flatten(), b.detach()


# %% wrong="fit_line: squeezes the weights at the end; breaks: weights (features,), seen with one feature, where they are a single number"
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
    return w.detach().squeeze(), b.detach()


# %% wrong="fit_line: makes y a column with unsqueeze_; breaks: it leaves its inputs unchanged, seen in the shape of y afterwards"
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


# %% wrong="fit_line: moves the bias by the slope at the weights that have moved already; breaks: the step that gradient descent takes, seen with features whose mean is not zero"
def fit_line(x: torch.Tensor, y: torch.Tensor, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features,) and bias () of the line after so many steps from zeros."""
    w = torch.zeros(x.shape[1], 1, dtype=x.dtype, requires_grad=True)
    b = torch.zeros((), dtype=x.dtype, requires_grad=True)
    for _ in range(steps):
        for parameter in (w, b):
            loss = ((x @ w + b - y[:, None]) ** 2).mean()
            (slope,) = torch.autograd.grad(loss, parameter)
            with torch.no_grad():
                parameter -= lr * slope
    return w.detach().flatten(), b.detach()
