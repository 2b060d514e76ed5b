# Answers to the exercises of 5_digits.py, right and wrong: what `course audit` grades. No student sees them.

# %% right="fit_line: answers as a column"
def fit_line(x, y, lr, steps):
    w = torch.zeros(x.shape[1], 1, dtype=x.dtype, requires_grad=True)
    b = torch.zeros((), dtype=x.dtype, requires_grad=True)
    for _ in range(steps):
        loss = ((x @ w + b - y[:, None]) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            for parameter in (w, b):
                parameter -= lr * parameter.grad
                parameter.grad = None
    return w.detach().flatten(), b.detach()


# %% right="fit_line: weights as a vector"
def fit_line(x, y, lr, steps):
    w = torch.zeros(x.shape[1], dtype=x.dtype, requires_grad=True)
    b = torch.zeros((), dtype=x.dtype, requires_grad=True)
    for _ in range(steps):
        loss = torch.nn.functional.mse_loss(x @ w + b, y)
        loss.backward()
        with torch.no_grad():
            for parameter in (w, b):
                parameter -= lr * parameter.grad
                parameter.grad = None
    return w.detach(), b.detach()


# %% right="fit_line: the gradient from paper"
def fit_line(x, y, lr, steps):
    w, b = torch.zeros(x.shape[1], dtype=x.dtype), torch.zeros((), dtype=x.dtype)
    for _ in range(steps):
        error = x @ w + b - y
        w, b = w - lr * 2 * x.T @ error / len(x), b - lr * 2 * error.mean()
    return w, b


# %% wrong="fit_line: as it was"
def fit_line(x: torch.Tensor, y: torch.Tensor, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features,) and bias () of the line after so many steps from zeros."""
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


# %% wrong="fit_line: the sum"
def fit_line(x: torch.Tensor, y: torch.Tensor, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features,) and bias () of the line after so many steps from zeros."""
    w = torch.zeros(x.shape[1], 1, dtype=x.dtype, requires_grad=True)
    b = torch.zeros((), dtype=x.dtype, requires_grad=True)
    for _ in range(steps):
        loss = (((x @ w + b).flatten() - y) ** 2).sum()
        loss.backward()
        with torch.no_grad():
            for parameter in (w, b):
                parameter -= lr * parameter.grad
                parameter.grad = None
    return w.detach().flatten(), b.detach()


# %% wrong="fit_line: forgets to clear"
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
    return w.detach().flatten(), b.detach()


# %% wrong="fit_line: no bias"
def fit_line(x: torch.Tensor, y: torch.Tensor, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features,) and bias () of the line after so many steps from zeros."""
    w = torch.zeros(x.shape[1], 1, dtype=x.dtype, requires_grad=True)
    b = torch.zeros((), dtype=x.dtype, requires_grad=True)
    for _ in range(steps):
        loss = (((x @ w + b).flatten() - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            for parameter in (w,):
                parameter -= lr * parameter.grad
                parameter.grad = None
    return w.detach().flatten(), b.detach()


# %% wrong="fit_line: solves at once"
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
    table = torch.cat([x, torch.ones(len(x), 1, dtype=x.dtype)], dim=1)
    best = torch.linalg.lstsq(table, y[:, None], driver="gelsd").solution[:, 0]
    return best[:-1], best[-1]


# %% wrong="fit_line: starts at random"
def fit_line(x: torch.Tensor, y: torch.Tensor, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features,) and bias () of the line after so many steps from zeros."""
    w = torch.randn(x.shape[1], 1, dtype=x.dtype).requires_grad_()
    b = torch.zeros((), dtype=x.dtype, requires_grad=True)
    for _ in range(steps):
        loss = (((x @ w + b).flatten() - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            for parameter in (w, b):
                parameter -= lr * parameter.grad
                parameter.grad = None
    return w.detach().flatten(), b.detach()


# %% wrong="fit_line: the diagonal of the table, of squares of it"
def fit_line(x: torch.Tensor, y: torch.Tensor, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features,) and bias () of the line after so many steps from zeros."""
    w = torch.zeros(x.shape[1], 1, dtype=x.dtype, requires_grad=True)
    b = torch.zeros((), dtype=x.dtype, requires_grad=True)
    for _ in range(steps):
        loss = ((x @ w + b - y).diagonal() ** 2).sum() / len(x) ** 2
        loss.backward()
        with torch.no_grad():
            for parameter in (w, b):
                parameter -= lr * parameter.grad
                parameter.grad = None
    return w.detach().flatten(), b.detach()


# %% wrong="fit_line: a column comes back"
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
    return w.detach(), b.detach()


# %% equivalent="fit_line: a vector of weights needs no second axis"
# - w = torch.zeros(x.shape[1], 1, dtype=x.dtype, requires_grad=True)
# + w = torch.zeros(x.shape[1], dtype=x.dtype, requires_grad=True)


# %% equivalent="fit_line: both take their step"
# - for parameter in (w, b):
# + for parameter in (b, w):


# %% equivalent="fit_line: a square has no sign"
# - loss = (((x @ w + b).flatten() - y) ** 2).mean()
# + loss = ((y - (x @ w + b).flatten()) ** 2).mean()


# %% equivalent="fit_line: nothing asks whether the weights that come back can still be trained"
# - return (w.detach().flatten(), b.detach())
# + return (w.detach().flatten(), b)


# %% equivalent="fit_line: nothing asks whether the weights that come back can still be trained, case 2"
# - return (w.detach().flatten(), b.detach())
# + return (w.flatten(), b.detach())
