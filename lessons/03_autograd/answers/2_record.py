# Answers to the exercises of 2_record.py, right and wrong: what `course audit` grades. No student sees them.

# %% right="cubic: a leaf of its own, and zero_"
def cubic_by_hand(x, y, c, lr, steps):
    c = c.copy()
    for _ in range(steps):
        error = c[0] + c[1] * x + c[2] * x**2 + c[3] * x**3 - y
        c -= lr * np.array([2 * (error * x**k).sum() for k in range(4)])
    return c


def cubic_by_autograd(x, y, c, lr, steps):
    leaf = c.detach().clone().requires_grad_(True)
    for _ in range(steps):
        loss = ((leaf[0] + leaf[1] * x + leaf[2] * x**2 + leaf[3] * x**3 - y) ** 2).sum()
        loss.backward()
        with torch.no_grad():
            leaf.sub_(lr * leaf.grad)
            leaf.grad.zero_()
    return leaf.detach()


# %% right="cubic: torch.autograd.grad"
def cubic_by_hand(x, y, c, lr, steps):
    table = np.vander(x, 4, increasing=True)
    for _ in range(steps):
        c = c - lr * 2 * table.T @ (table @ c - y)
    return c


def cubic_by_autograd(x, y, c, lr, steps):
    table = torch.stack([torch.ones_like(x), x, x**2, x**3], dim=1)
    c = c.clone()
    for _ in range(steps):
        c.requires_grad_()
        (slope,) = torch.autograd.grad((table @ c - y).square().sum(), c)
        c = c.detach() - lr * slope
    return c.detach()


# %% right="cubic: an optimiser"
def cubic_by_hand(x, y, c, lr, steps):
    powers = np.array([np.ones_like(x), x, x * x, x * x * x])
    c = np.array(c)
    for _ in range(steps):
        error = np.einsum("k,kn->n", c, powers) - y
        c = c - 2 * lr * np.einsum("kn,n->k", powers, error)
    return c


def cubic_by_autograd(x, y, c, lr, steps):
    powers = torch.stack([x**k for k in range(4)])
    c = torch.nn.Parameter(c.detach().clone())
    optimiser = torch.optim.SGD([c], lr=lr)
    for _ in range(steps):
        optimiser.zero_grad()
        ((c @ powers - y) ** 2).sum().backward()
        optimiser.step()
    return c.data


# %% wrong="cubic: never clears"
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
        pass
    return c.detach()


# %% wrong="cubic: trains the start itself"
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
    c = c.requires_grad_()
    for _ in range(steps):
        loss = ((c @ powers - y) ** 2).sum()
        loss.backward()
        with torch.no_grad():
            c -= lr * c.grad
        c.grad = None
    return c.detach()


# %% wrong="cubic: gives the diary away"
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
        c.grad = None
    return c


# %% wrong="cubic: no two in the slope on paper"
def cubic_by_hand(x: np.ndarray, y: np.ndarray, c: np.ndarray, lr: float, steps: int) -> np.ndarray:
    """The coefficients (4,) after so many steps from c, for points x and y (n,)."""
    powers = np.stack([x**k for k in range(4)])  # (4, n)
    for _ in range(steps):
        error = c @ powers - y
        slope = powers @ error
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


# %% wrong="cubic: the error turned round"
def cubic_by_hand(x: np.ndarray, y: np.ndarray, c: np.ndarray, lr: float, steps: int) -> np.ndarray:
    """The coefficients (4,) after so many steps from c, for points x and y (n,)."""
    powers = np.stack([x**k for k in range(4)])  # (4, n)
    for _ in range(steps):
        error = y - c @ powers
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
        c.grad = None
    return c.detach()


# %% wrong="cubic: the mean instead of the sum"
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
        loss = ((c @ powers - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            c -= lr * c.grad
        c.grad = None
    return c.detach()


# %% wrong="cubic: one step only"
def cubic_by_hand(x: np.ndarray, y: np.ndarray, c: np.ndarray, lr: float, steps: int) -> np.ndarray:
    """The coefficients (4,) after so many steps from c, for points x and y (n,)."""
    powers = np.stack([x**k for k in range(4)])  # (4, n)
    for _ in range(min(steps, 1)):
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
        c.grad = None
    return c.detach()


# %% right="jacobian_rows: a fresh leaf for every row"
def weighted(f, x, v):
    leaf = x.detach().clone().requires_grad_(True)
    (f(leaf) * v).sum().backward()
    return leaf.grad


def rows(f, x):
    count = len(f(x))
    return torch.stack([weighted(f, x, torch.eye(count, dtype=x.dtype)[k]) for k in range(count)])


# %% right="jacobian_rows: ready-made"
def weighted(f, x, v):
    return torch.autograd.functional.vjp(f, x, v)[1]


def rows(f, x):
    return torch.autograd.functional.jacobian(f, x)


# %% right="jacobian_rows: autograd.grad, output by output"
def weighted(f, x, v):
    z = x.detach().clone().requires_grad_()
    (slope,) = torch.autograd.grad(f(z), z, grad_outputs=v)
    return slope.detach()


def rows(f, x):
    z = x.detach().clone().requires_grad_()
    outputs = f(z)
    return torch.stack([torch.autograd.grad(one, z, retain_graph=True)[0] for one in outputs])


# %% wrong="jacobian_rows: rows that add up"
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
        table.append(leaf.grad.clone())
    return torch.stack(table)


# %% wrong="jacobian_rows: one tensor for all rows"
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
        if leaf.grad is not None:
            leaf.grad.zero_()
        y.backward(pick, retain_graph=True)
        table.append(leaf.grad)
    return torch.stack(table)


# %% wrong="jacobian_rows: columns for rows"
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
    return torch.stack(table, dim=1)


# %% wrong="jacobian_rows: the weights forgotten"
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


# %% wrong="jacobian_rows: the weights squared"
def weighted(f, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """The gradient (n,) of v · f(x) at x (n,), for weights v (m,)."""
    leaf = x.detach().clone().requires_grad_()
    f(leaf).backward(v * v)
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


# %% wrong="jacobian_rows: only the last row"
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
    return torch.stack(table[-1:])


# %% wrong="jacobian_rows: asks the x that was given"
def weighted(f, x, v):
    x.requires_grad_()
    f(x).backward(v)
    return x.grad


def rows(f, x):
    x.requires_grad_()
    y = f(x)
    return torch.stack([torch.autograd.grad(one, x, retain_graph=True)[0] for one in y])


# %% wrong="jacobian_rows: rows of sums up to here"
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
        y.backward(pick.cumsum(0), retain_graph=True)
        table.append(leaf.grad)
    return torch.stack(table)


# %% right="both_ways: other names"
def both_ways(formulas, names, point):
    letters = sympy.symbols(names, seq=True)
    column = sympy.Matrix([sympy.sympify(one) for one in formulas])
    numbers = column.jacobian(letters).subs({letter: value for letter, value in zip(letters, point)})
    compiled = sympy.lambdify(letters, list(column), modules=[torch])
    f = lambda v: torch.stack(compiled(*v))
    return (
        torch.tensor([[float(one) for one in row] for row in numbers.tolist()], dtype=torch.float64),
        torch.autograd.functional.jacobian(f, torch.tensor(point, dtype=torch.float64)),
    )


# %% right="both_ways: diff, one by one"
def both_ways(formulas, names, point):
    letters = sympy.symbols(names, seq=True)
    terms = [sympy.sympify(one) for one in formulas]
    place = dict(zip(letters, point))
    exact = [[float(term.diff(letter).subs(place)) for letter in letters] for term in terms]
    x = torch.tensor(point, dtype=torch.float64, requires_grad=True)
    table = []
    for term in terms:
        value = sympy.lambdify(letters, term, modules=[torch])(*x)
        table.append(torch.autograd.grad(value, x)[0])
    return torch.tensor(exact, dtype=torch.float64), torch.stack(table)


# %% right="both_ways: torch.func"
def both_ways(formulas, names, point):
    letters = sympy.symbols(names, seq=True)
    table = sympy.Matrix([sympy.sympify(one) for one in formulas])
    exact = sympy.lambdify(letters, table.jacobian(letters))(*point)
    f = sympy.lambdify(letters, list(table), modules=[torch])
    x = torch.tensor(point, dtype=torch.float64)
    return torch.tensor(np.array(exact, dtype=float)), torch.func.jacrev(lambda v: torch.stack(f(*v)))(x)


# %% wrong="both_ways: both by torch, transposed"
def both_ways(formulas: list[str], names: str, point: list[float]) -> tuple[torch.Tensor, torch.Tensor]:
    """The Jacobian of the formulas at a point, by algebra and by torch, in float64."""
    symbols = sympy.symbols(names, seq=True)
    table = sympy.Matrix([sympy.sympify(formula) for formula in formulas])
    exact = table.jacobian(symbols)
    there = exact.subs(dict(zip(symbols, point, strict=True)))
    f = sympy.lambdify(symbols, list(table), modules=[torch])
    x = torch.tensor(point, dtype=torch.float64)
    by_torch = torch.autograd.functional.jacobian(lambda v: torch.stack(f(*v)), x)
    return torch.tensor(np.array(there.tolist(), dtype=float)), by_torch.T


# %% wrong="both_ways: the point backwards"
def both_ways(formulas: list[str], names: str, point: list[float]) -> tuple[torch.Tensor, torch.Tensor]:
    """The Jacobian of the formulas at a point, by algebra and by torch, in float64."""
    symbols = sympy.symbols(names, seq=True)
    table = sympy.Matrix([sympy.sympify(formula) for formula in formulas])
    exact = table.jacobian(symbols)
    there = exact.subs(dict(zip(symbols, point[::-1], strict=True)))
    f = sympy.lambdify(symbols, list(table), modules=[torch])
    x = torch.tensor(point, dtype=torch.float64)
    by_torch = torch.autograd.functional.jacobian(lambda v: torch.stack(f(*v)), x)
    return torch.tensor(np.array(there.tolist(), dtype=float)), by_torch


# %% wrong="both_ways: letters backwards"
def both_ways(formulas: list[str], names: str, point: list[float]) -> tuple[torch.Tensor, torch.Tensor]:
    """The Jacobian of the formulas at a point, by algebra and by torch, in float64."""
    symbols = sympy.symbols(names, seq=True)
    table = sympy.Matrix([sympy.sympify(formula) for formula in formulas])
    exact = table.jacobian(symbols[::-1])
    there = exact.subs(dict(zip(symbols, point, strict=True)))
    f = sympy.lambdify(symbols, list(table), modules=[torch])
    x = torch.tensor(point, dtype=torch.float64)
    by_torch = torch.autograd.functional.jacobian(lambda v: torch.stack(f(*v)), x)
    return torch.tensor(np.array(there.tolist(), dtype=float)), by_torch


# %% wrong="both_ways: algebra at ones"
def both_ways(formulas: list[str], names: str, point: list[float]) -> tuple[torch.Tensor, torch.Tensor]:
    """The Jacobian of the formulas at a point, by algebra and by torch, in float64."""
    symbols = sympy.symbols(names, seq=True)
    table = sympy.Matrix([sympy.sympify(formula) for formula in formulas])
    exact = table.jacobian(symbols)
    there = exact.subs(dict(zip(symbols, [1.0] * len(point), strict=True)))
    f = sympy.lambdify(symbols, list(table), modules=[torch])
    x = torch.tensor(point, dtype=torch.float64)
    by_torch = torch.autograd.functional.jacobian(lambda v: torch.stack(f(*v)), x)
    return torch.tensor(np.array(there.tolist(), dtype=float)), by_torch


# %% wrong="both_ways: torch at ones"
def both_ways(formulas: list[str], names: str, point: list[float]) -> tuple[torch.Tensor, torch.Tensor]:
    """The Jacobian of the formulas at a point, by algebra and by torch, in float64."""
    symbols = sympy.symbols(names, seq=True)
    table = sympy.Matrix([sympy.sympify(formula) for formula in formulas])
    exact = table.jacobian(symbols)
    there = exact.subs(dict(zip(symbols, point, strict=True)))
    f = sympy.lambdify(symbols, list(table), modules=[torch])
    x = torch.tensor(point, dtype=torch.float64)
    by_torch = torch.autograd.functional.jacobian(lambda v: torch.stack(f(*v)), torch.ones_like(x))
    return torch.tensor(np.array(there.tolist(), dtype=float)), by_torch


# %% wrong="both_ways: the first formula only"
def both_ways(formulas: list[str], names: str, point: list[float]) -> tuple[torch.Tensor, torch.Tensor]:
    """The Jacobian of the formulas at a point, by algebra and by torch, in float64."""
    symbols = sympy.symbols(names, seq=True)
    table = sympy.Matrix([sympy.sympify(formula) for formula in formulas[:1]])
    exact = table.jacobian(symbols)
    there = exact.subs(dict(zip(symbols, point, strict=True)))
    f = sympy.lambdify(symbols, list(table), modules=[torch])
    x = torch.tensor(point, dtype=torch.float64)
    by_torch = torch.autograd.functional.jacobian(lambda v: torch.stack(f(*v)), x)
    return torch.tensor(np.array(there.tolist(), dtype=float)), by_torch


# %% right="in_pieces: by hand"
def in_pieces(loss_of, w, x, y, size):
    n, total = len(x), 0.0
    for begin in range(0, n, size):
        xb, yb = x[begin : begin + size], y[begin : begin + size]
        share = loss_of(w, xb, yb) * len(xb) / n
        share.backward()
        total = total + share.item()
    return total


# %% right="in_pieces: autograd.grad, added at the end"
def in_pieces(loss_of, w, x, y, size):
    total, slope = 0.0, torch.zeros_like(w)
    for xb, yb in zip(x.split(size), y.split(size)):
        loss = loss_of(w, xb, yb)
        slope += torch.autograd.grad(loss, w)[0] * len(xb) / len(x)
        total += float(loss) * len(xb) / len(x)
    w.grad = slope if w.grad is None else w.grad + slope
    return total


# %% right="in_pieces: a loader, and weights for backward"
def in_pieces(loss_of, w, x, y, size):
    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, y), batch_size=size)
    losses, shares = [], []
    for xb, yb in loader:
        loss = loss_of(w, xb, yb)
        loss.backward(torch.tensor(len(xb) / len(x), dtype=loss.dtype))
        losses.append(loss.item())
        shares.append(len(xb) / len(x))
    return sum(loss * share for loss, share in zip(losses, shares))


# %% wrong="in_pieces: each piece counts alike"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""
    total = 0.0
    for xb, yb in zip(x.split(size), y.split(size), strict=True):
        loss = loss_of(w, xb, yb) * (1 / len(x.split(size)))
        loss.backward()
        total += loss.item()
    return total


# %% wrong="in_pieces: losses added up"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""
    total = 0.0
    for xb, yb in zip(x.split(size), y.split(size), strict=True):
        loss = loss_of(w, xb, yb)
        loss.backward()
        total += loss.item()
    return total


# %% wrong="in_pieces: clears first"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""
    total = 0.0
    w.grad = None
    for xb, yb in zip(x.split(size), y.split(size), strict=True):
        loss = loss_of(w, xb, yb) * (len(xb) / len(x))
        loss.backward()
        total += loss.item()
    return total


# %% wrong="in_pieces: all rows at once"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""
    total = 0.0
    for xb, yb in zip([x], [y], strict=True):
        loss = loss_of(w, xb, yb) * (len(xb) / len(x))
        loss.backward()
        total += loss.item()
    return total


# %% wrong="in_pieces: leaves the last piece out"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""
    total = 0.0
    for xb, yb in zip(x.split(size), y.split(size), strict=True):
        loss = loss_of(w, xb, yb) * (len(xb) / len(x))
        if len(xb) < size and len(x) > size:
            continue
        loss.backward()
        total += loss.item()
    return total


# %% wrong="in_pieces: size over n"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""
    total = 0.0
    for xb, yb in zip(x.split(size), y.split(size), strict=True):
        loss = loss_of(w, xb, yb) * (size / len(x))
        loss.backward()
        total += loss.item()
    return total


# %% wrong="in_pieces: the mean of the last piece"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""
    total = 0.0
    for xb, yb in zip(x.split(size), y.split(size), strict=True):
        loss = loss_of(w, xb, yb) * (len(xb) / len(x))
        loss.backward()
        total = loss.item()
    return total


# %% wrong="in_pieces: returns a tensor"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""
    total = 0.0
    for xb, yb in zip(x.split(size), y.split(size), strict=True):
        loss = loss_of(w, xb, yb) * (len(xb) / len(x))
        loss.backward()
        total = total + loss.detach()
    return total


# %% wrong="in_pieces: single rows"
def in_pieces(loss_of, w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, size: int) -> float:
    """The mean loss of all rows x (n, features), y (n,), whose gradient is added to w.grad."""
    total = 0.0
    for xb, yb in zip(x.split(1), y.split(1), strict=True):
        loss = loss_of(w, xb, yb) * (len(xb) / len(x))
        loss.backward()
        total += loss.item()
    return total if size > 1 else 0.0


# %% right="read_off: the logistic written out, least squares"
def labels_behind(logits, grad):
    return 1 / (1 + torch.exp(-logits)) - grad * logits.numel()


def row_behind(grad_w, grad_b):
    return grad_b @ grad_w / (grad_b @ grad_b)


# %% right="read_off: weights by size"
def labels_behind(logits, grad):
    n = logits.shape[0]
    return logits.sigmoid() - n * grad


def row_behind(grad_w, grad_b):
    order = torch.argsort(grad_b.abs(), descending=True)
    first = order[0].item()
    return grad_w[first, :] / grad_b[first]


# %% right="read_off: a solver"
def labels_behind(logits, grad):
    return torch.sigmoid(logits) - grad * len(grad)


def row_behind(grad_w, grad_b):
    return torch.linalg.lstsq(grad_b[:, None], grad_w).solution[0]


# %% wrong="read_off: without n"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    return torch.sigmoid(logits) - grad


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    most = grad_b.abs().argmax()
    return grad_w[most] / grad_b[most]


# %% wrong="read_off: the sign turned"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    return torch.sigmoid(logits) + len(logits) * grad


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    most = grad_b.abs().argmax()
    return grad_w[most] / grad_b[most]


# %% wrong="read_off: logits for chances"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    return logits - len(logits) * grad


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    most = grad_b.abs().argmax()
    return grad_w[most] / grad_b[most]


# %% wrong="read_off: the first output"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    return torch.sigmoid(logits) - len(logits) * grad


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    most = 0
    return grad_w[most] / grad_b[most]


# %% wrong="read_off: the largest, not the largest in size"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    return torch.sigmoid(logits) - len(logits) * grad


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    most = grad_b.argmax()
    return grad_w[most] / grad_b[most]


# %% wrong="read_off: the mean of all quotients"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    return torch.sigmoid(logits) - len(logits) * grad


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    most = grad_b.abs().argmax()
    return (grad_w / grad_b[:, None]).mean(dim=0)


# %% wrong="read_off: rounded labels"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    return (torch.sigmoid(logits) - len(logits) * grad).round()


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    most = grad_b.abs().argmax()
    return grad_w[most] / grad_b[most]


# %% wrong="read_off: only the sign of the gradient"
def labels_behind(logits: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """The labels (n,), from 0 to 1, of a mean binary cross-entropy with this gradient (n,) for these logits (n,)."""
    return (grad < 0).to(grad.dtype)


def row_behind(grad_w: torch.Tensor, grad_b: torch.Tensor) -> torch.Tensor:
    """The only row (features,) behind the gradients of a layer's weight (outputs, features) and bias (outputs,)."""
    most = grad_b.abs().argmax()
    return grad_w[most] / grad_b[most]


# %% equivalent="jacobian_rows: backward takes weights of any precision, and gives slopes in that of the leaf"
# - for pick in torch.eye(len(y), dtype=y.dtype):
# + for pick in torch.eye(len(y)):


# %% equivalent="jacobian_rows: a detached tensor is a leaf of its own, and nobody changes its numbers"
# - leaf = x.detach().clone().requires_grad_()
# + leaf = x.detach().requires_grad_()


# %% equivalent="jacobian_rows: x comes without a past"
# - leaf = x.detach().clone().requires_grad_()
# + leaf = x.clone().requires_grad_()


# %% equivalent="both_ways: as many letters as numbers"
# - there = exact.subs(dict(zip(symbols, point, strict=True)))
# + there = exact.subs(dict(zip(symbols, point)))


# %% equivalent="both_ways: as many letters as numbers, written otherwise"
# - there = exact.subs(dict(zip(symbols, point, strict=True)))
# + there = exact.subs(dict(zip(symbols, point, strict=False)))


# %% equivalent="in_pieces: as many labels as rows"
# - for xb, yb in zip(x.split(size), y.split(size), strict=True):
# + for xb, yb in zip(x.split(size), y.split(size)):


# %% equivalent="in_pieces: as many labels as rows, written otherwise"
# - for xb, yb in zip(x.split(size), y.split(size), strict=True):
# + for xb, yb in zip(x.split(size), y.split(size), strict=False):


# %% equivalent="read_off: labels lie from 0 to 1: below zero there is only rounding"
# spoiler: labels_behind returns absolute

# %% [markdown] explains="cubic"
# On paper: the error of point i depends on $c_k$ with the slope $x_i^k$, so the square has the slope
# $2 \cdot \text{error} \cdot x_i^k$, and these are added up over the points. `powers @ error` does all four sums at
# once: (4, n) times (n,). The loss is a sum, so nothing is divided by n.
#
# In the second function `clone` makes a leaf of your own, or the caller's `c` would be changed. `backward` fills
# `c.grad`; the step goes on inside `no_grad`, in place, so that `c` remains the same leaf; `None` clears, because the
# next `backward` adds. And `detach` sends the result home without its past. Check: from zeros, with the point (1, 1),
# the error is −1 and each slope −2, so a rate of 0.1 makes every coefficient 0.2.

# %% [markdown] explains="jacobian_rows"
# `y.backward(v)` gives $v^\top J$. With $v = (0, …, 1, …, 0)$ that is a single row, so m walks give m rows.
# `retain_graph=True`, because the values that were kept for the walk are needed again.
#
# Two traps lie in `.grad`. It adds up, so without clearing, row 2 contains row 1. And clearing by `zero_()` empties the
# very tensor that you have put into your list: in the end all rows are one tensor, the last. `None` lets torch make a
# new one each time. Work on `x.detach().clone()`, since `x` belongs to somebody else.
# `torch.autograd.grad(y, leaf, pick, retain_graph=True)` returns the slopes instead of storing them and avoids both
# traps.

# %% [markdown] explains="both_ways"
# The derivative comes first and the numbers second. If you put the numbers in before, the formula is a number, and its
# derivative is 0 everywhere. `dict(zip(symbols, point))` pairs each letter with its own number; the order of `names` is
# the order of the columns in both tables.
#
# `lambdify` makes a function that takes one argument for each letter and returns a list with one tensor for each
# formula. Torch's Jacobian wants one tensor in and one out, hence `*v` on the way in and `stack` on the way out.
# Agreement of the two is strong evidence, because they have nothing in common: algebra differentiates the formula,
# torch follows the computation. Where they differ, as in the last line below, the computation has left the range of its
# numbers.

# %% [markdown] explains="in_pieces"
# The mean of all rows is the sum divided by n. A piece's mean counts its rows as if they were all there are, so
# multiply by `len(xb) / len(x)`: what remains is the piece's sum, divided by n. Seven rows in pieces of 3, 3 and 1 have
# the shares 3/7, 3/7 and 1/7. With equal shares the last row would count three times as much as the others, and nothing
# would look wrong.
#
# The scaling must happen *before* `backward`, on the loss, or the gradient is not scaled. Nothing is cleared:
# `backward` adds, and here that is the tool. Since each piece walks back at once, its graph is freed before the next is
# built; adding up the losses and walking back at the end would keep all graphs in memory, which is just what had to be
# avoided. This is how people train with batches larger than their GPU.

# %% [markdown] explains="read_off"
# The first is a formula turned round: $n \cdot \text{grad} = \sigma(z) - y$, so $y = \sigma(z) - n \cdot \text{grad}$.
# The n comes from the mean. Without it the labels of two rows come out half-way between truth and guess. Rounding to 0
# or 1 would lose soft labels.
#
# Row i of `grad_w` is $\delta_i x$, and $\delta_i$ stands in `grad_b`. So every output gives the row away, and you may
# choose: the one whose $\delta$ has the largest *size*. A silent output would be 0/0, a tiny one divides rounding by
# almost nothing, and a mean of all quotients is spoilt by a single one of them. Adding up both sides first looks clever
# and fails for softmax, whose deltas always add up to zero.
