# Answers to the exercises of 1_steps.py, right and wrong: what `course audit` grades. No student sees them.

# %% equivalent="walk: the start is a float already, as the signature says"
# - w = torch.tensor(float(start), requires_grad=True)
# + w = torch.tensor(start, requires_grad=True)

# %% right="walk: through .data and grad = None"
def walk(loss_of, start, lr, steps):
    w = torch.tensor([float(start)]).requires_grad_()
    places = [float(start)]
    while len(places) <= steps:
        loss_of(w).sum().backward()
        w.data -= lr * w.grad
        w.grad = None
        places.append(w.item())
    return places


# %% right="walk: a new leaf for every step, in double precision"
def walk(loss_of, start, lr, steps):
    places = [float(start)]
    for _ in range(steps):
        w = torch.tensor(places[-1], dtype=torch.float64, requires_grad=True)
        (slope,) = torch.autograd.grad(loss_of(w), w)
        places.append((w - lr * slope).item())
    return places


# %% right="walk: returns a tensor, no float()"
def walk(loss_of, start, lr, steps):
    w = torch.tensor(start, requires_grad=True)
    places = [w.detach().clone()]
    for _ in range(steps):
        loss_of(w).backward()
        w = (w - lr * w.grad).detach().requires_grad_()
        places.append(w.detach())
    return torch.stack(places)


# %% right="walk: central differences in Python numbers"
def walk(loss_of, start, lr, steps):
    places = [start]
    for _ in range(steps):
        x = places[-1]
        places.append(x - lr * (loss_of(x + 1e-4) - loss_of(x - 1e-4)) / 2e-4)
    return places


# %% wrong="walk: uphill"
def walk(loss_of, start, lr, steps):
    w = torch.tensor(float(start), requires_grad=True)
    places = [w.item()]
    for _ in range(steps):
        loss_of(w).backward()
        with torch.no_grad():
            w.add_(lr * w.grad)
        w.grad.zero_()
        places.append(w.item())
    return places


# %% wrong="walk: slopes pile up"
def walk(loss_of, start, lr, steps):
    w = torch.tensor(float(start), requires_grad=True)
    places = [w.item()]
    for _ in range(steps):
        loss_of(w).backward()
        with torch.no_grad():
            w.sub_(lr * w.grad)
        places.append(w.item())
    return places


# %% wrong="walk: steps by the loss, not by its slope"
def walk(loss_of, start, lr, steps):
    w = torch.tensor(float(start))
    places = [w.item()]
    for _ in range(steps):
        w.sub_(lr * loss_of(w))
        places.append(w.item())
    return places


# %% wrong="walk: zeroes the parameter"
def walk(loss_of, start, lr, steps):
    w = torch.tensor(float(start), requires_grad=True)
    places = [w.item()]
    for _ in range(steps):
        loss_of(w).backward()
        with torch.no_grad():
            w.sub_(lr * w.grad)
            w.zero_()
        w.grad.zero_()
        places.append(w.item())
    return places


# %% wrong="walk: sub without the underscore"
def walk(loss_of, start, lr, steps):
    w = torch.tensor(float(start), requires_grad=True)
    places = [w.item()]
    for _ in range(steps):
        loss_of(w).backward()
        with torch.no_grad():
            w.sub(lr * w.grad)
        w.grad.zero_()
        places.append(w.item())
    return places


# %% right="speed_limit: by the spectral norm of the matrix and of its inverse"
def speed_limit(hessian):
    return 2 / torch.linalg.matrix_norm(hessian, 2)


def best_rate(hessian):
    steepest = torch.linalg.matrix_norm(hessian, 2)
    flattest = 1 / torch.linalg.matrix_norm(torch.linalg.inv(hessian), 2)
    return 2 / (flattest + steepest)


# %% right="speed_limit: general eigenvalues, min and max"
def speed_limit(hessian):
    return 2 / max(torch.linalg.eigvals(hessian).real.tolist())


def best_rate(hessian):
    found = torch.linalg.eigvals(hessian).real
    return float(2 / (found.min() + found.max()))


# %% right="speed_limit: svd in single precision"
def speed_limit(hessian):
    return 2 / torch.linalg.svdvals(hessian.float())[0]


def best_rate(hessian):
    s = torch.linalg.svdvals(hessian.float())
    return (2 / (s[0] + s[-1])).item()


# %% wrong="speed_limit: the steepest axis instead of the steepest direction"
def speed_limit(hessian):
    return (2 / hessian.diagonal().max()).item()


def best_rate(hessian):
    return (2 / (hessian.diagonal().min() + hessian.diagonal().max())).item()


# %% wrong="speed_limit: where the zigzag begins"
def speed_limit(hessian):
    return (1 / torch.linalg.eigvalsh(hessian)[-1]).item()


def best_rate(hessian):
    eigenvalues = torch.linalg.eigvalsh(hessian)
    return (2 / (eigenvalues[0] + eigenvalues[-1])).item()


# %% wrong="speed_limit: the flattest direction decides"
def speed_limit(hessian):
    return (2 / torch.linalg.eigvalsh(hessian)[0]).item()


def best_rate(hessian):
    eigenvalues = torch.linalg.eigvalsh(hessian)
    return (2 / (eigenvalues[0] + eigenvalues[-1])).item()


# %% wrong="speed_limit: the mean of all eigenvalues"
def speed_limit(hessian):
    return (2 / torch.linalg.eigvalsh(hessian)[-1]).item()


def best_rate(hessian):
    return (1 / torch.linalg.eigvalsh(hessian).mean()).item()


# %% wrong="speed_limit: the Frobenius norm"
def speed_limit(hessian):
    return (2 / hessian.norm()).item()


def best_rate(hessian):
    return (1 / hessian.norm()).item()


# %% right="least_squares: from the centre of the points"
def least_squares(x, y):
    xc, yc = x - x.mean(0), y - y.mean()
    w = torch.linalg.inv(xc.T @ xc) @ xc.T @ yc
    return w, y.mean() - x.mean(0) @ w


# %% right="least_squares: torch's own solver, ones in front"
def least_squares(x, y):
    table = torch.column_stack([torch.ones(x.shape[0]).to(x), x])
    solution = torch.linalg.lstsq(table, y[:, None]).solution[:, 0]
    return solution[1:], float(solution[0])


# %% right="least_squares: inverse in single, matrix y"
def least_squares(x, y):
    X = F.pad(x.float(), (1, 0), value=1.0)
    v = torch.inverse(X.T.mm(X)).mm(X.T).mm(y.float().unsqueeze(1))
    return v[1:].squeeze(1), v[0].item()


# %% wrong="least_squares: no bias"
def least_squares(x, y):
    return torch.linalg.solve(x.T @ x, x.T @ y), 0.0


# %% wrong="least_squares: the mean of y as bias"
def least_squares(x, y):
    w = torch.linalg.solve(x.T @ x, x.T @ (y - y.mean()))
    return w, y.mean().item()


# %% wrong="least_squares: the bias from the wrong end"
def least_squares(x, y):
    table = torch.cat([x, torch.ones(len(x), 1, dtype=x.dtype)], dim=1)
    solution = torch.linalg.solve(table.T @ table, table.T @ y)
    return solution[1:], solution[0].item()


# %% wrong="least_squares: forgets to divide by the squares"
def least_squares(x, y):
    table = torch.cat([x, torch.ones(len(x), 1, dtype=x.dtype)], dim=1)
    solution = table.T @ y / len(x)
    return solution[:-1], solution[-1].item()


# %% equivalent="cubic_by_hand: a squared difference is the same from either side"
# - loss = loss_func(model(features), y)
# + loss = loss_func(y, model(features))

# %% equivalent="cubic_by_hand: the last axis is where flattening ends anyway"
# - return nn.Sequential(nn.Linear(3, 1), nn.Flatten(0, 1))
# + return nn.Sequential(nn.Linear(3, 1), nn.Flatten(0))


# %% right="cubic_by_hand: stacked powers, a module of its own"
def powers_of(x):
    return torch.stack([x, x**2, x**3], dim=1)


class Cubic(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(3, 1)

    def forward(self, features):
        return self.layer(features).squeeze(-1)


def cubic_model():
    return Cubic()


def fit_by_hand(model, features, y, lr, steps):
    losses = []
    for _ in range(steps):
        for p in model.parameters():
            p.grad = None
        loss = ((model(features) - y) ** 2).sum()
        loss.backward()
        for p in model.parameters():
            p.data.sub_(lr * p.grad)
        losses.append(loss.detach().item())
    return losses


# %% right="cubic_by_hand: asks autograd directly"
def powers_of(x):
    return x[:, None] ** torch.arange(1, 4)


def cubic_model():
    model = nn.Sequential()
    model.add_module("line", nn.Linear(in_features=3, out_features=1))
    model.add_module("flat", nn.Flatten(start_dim=0))
    return model


def fit_by_hand(model, features, y, lr, steps):
    losses = []
    for _ in range(steps):
        loss = F.mse_loss(model(features), y, reduction="sum")
        gradients = torch.autograd.grad(loss, list(model.parameters()))
        with torch.no_grad():
            for p, gradient in zip(model.parameters(), gradients, strict=True):
                p.add_(gradient, alpha=-lr)
        losses.append(loss.item())
    return losses


# %% right="cubic_by_hand: own parameters, zero bias"
def powers_of(x):
    return torch.vander(x, 4, increasing=True)[:, 1:]


class Poly(nn.Module):
    def __init__(self):
        super().__init__()
        self.b = nn.Parameter(torch.zeros(()))
        self.w = nn.Parameter(torch.randn(3))

    def forward(self, z):
        return z @ self.w + self.b


def cubic_model():
    return Poly()


def fit_by_hand(model, features, y, lr, steps):
    losses = torch.zeros(steps)
    for i in range(steps):
        model.zero_grad(set_to_none=True)
        error = model(features) - y
        loss = error @ error
        losses[i] = loss.detach()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p.copy_(p - lr * p.grad)
    return losses.tolist()


# %% wrong="cubic_by_hand: the mean instead of the sum"
def powers_of(x):
    return x.unsqueeze(-1).pow(torch.tensor([1, 2, 3]))


def cubic_model():
    return nn.Sequential(nn.Linear(3, 1), nn.Flatten(0, 1))


def fit_by_hand(model, features, y, lr, steps):
    loss_func = nn.MSELoss()
    losses = []
    for _ in range(steps):
        loss = loss_func(model(features), y)
        losses.append(loss.item())
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= lr * p.grad
    return losses


# %% wrong="cubic_by_hand: a constant feature instead of the cube"
def powers_of(x):
    return x.unsqueeze(-1).pow(torch.tensor([0, 1, 2]))


def cubic_model():
    return nn.Sequential(nn.Linear(3, 1), nn.Flatten(0, 1))


def fit_by_hand(model, features, y, lr, steps):
    loss_func = nn.MSELoss(reduction="sum")
    losses = []
    for _ in range(steps):
        loss = loss_func(model(features), y)
        losses.append(loss.item())
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= lr * p.grad
    return losses


# %% wrong="cubic_by_hand: forgets to flatten"
def powers_of(x):
    return x.unsqueeze(-1).pow(torch.tensor([1, 2, 3]))


def cubic_model():
    return nn.Sequential(nn.Linear(3, 1))


def fit_by_hand(model, features, y, lr, steps):
    loss_func = nn.MSELoss(reduction="sum")
    losses = []
    for _ in range(steps):
        loss = loss_func(model(features), y)
        losses.append(loss.item())
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= lr * p.grad
    return losses


# %% wrong="cubic_by_hand: zero_grad between backward and step"
def powers_of(x):
    return x.unsqueeze(-1).pow(torch.tensor([1, 2, 3]))


def cubic_model():
    return nn.Sequential(nn.Linear(3, 1), nn.Flatten(0, 1))


def fit_by_hand(model, features, y, lr, steps):
    loss_func = nn.MSELoss(reduction="sum")
    losses = []
    for _ in range(steps):
        loss = loss_func(model(features), y)
        losses.append(loss.item())
        loss.backward()
        model.zero_grad(set_to_none=False)
        with torch.no_grad():
            for p in model.parameters():
                p -= lr * p.grad
    return losses


# %% wrong="cubic_by_hand: never clears"
def powers_of(x):
    return x.unsqueeze(-1).pow(torch.tensor([1, 2, 3]))


def cubic_model():
    return nn.Sequential(nn.Linear(3, 1), nn.Flatten(0, 1))


def fit_by_hand(model, features, y, lr, steps):
    loss_func = nn.MSELoss(reduction="sum")
    losses = []
    for _ in range(steps):
        loss = loss_func(model(features), y)
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= lr * p.grad
    return losses


# %% wrong="walk: the slope from two places one apart, exact for parabolas only"
def walk(loss_of, start, lr, steps):
    places = [float(start)]
    for _ in range(steps):
        w = places[-1]
        places.append(w - lr * float(loss_of(torch.tensor(w + 1)) - loss_of(torch.tensor(w - 1))) / 2)
    return places


# %% wrong="walk: never crosses zero, and no slope above one"
def walk(loss_of, start, lr, steps):
    w = torch.tensor(float(start), requires_grad=True)
    places = [w.item()]
    for _ in range(steps):
        loss_of(w).backward()
        with torch.no_grad():
            w.sub_(lr * w.grad.clamp(-1, 1))
        w.grad.zero_()
        places.append(w.item())
    return places


# %% wrong="walk: clears the slope after the first step only"
def walk(loss_of, start, lr, steps):
    w = torch.tensor(float(start), requires_grad=True)
    places = [w.item()]
    for step in range(steps):
        loss_of(w).backward()
        with torch.no_grad():
            w.sub_(lr * w.grad)
        if step == 0:
            w.grad.zero_()
        places.append(w.item())
    return places


# %% wrong="speed_limit: power iteration from ones, and once more on the flipped bowl"
def steepest(hessian):
    v = torch.ones(len(hessian)) + 0.1 * torch.arange(len(hessian))
    for _ in range(3000):
        v = hessian @ v
        v = v / v.norm()
    return v @ hessian @ v


def speed_limit(hessian):
    return (2 / steepest(hessian)).item()


def best_rate(hessian):
    top = steepest(hessian)
    flattest = top - steepest(top * torch.eye(len(hessian)) - hessian)
    return (2 / (top + flattest)).item()


# %% wrong="speed_limit: divides the Hessian it was given"
def speed_limit(hessian):
    limit = (2 / torch.linalg.eigvalsh(hessian)[-1]).item()
    hessian /= hessian.abs().max()
    return limit


def best_rate(hessian):
    found = torch.linalg.eigvalsh(hessian)
    return (2 / (found[0] + found[-1])).item()


# %% wrong="speed_limit: the best rate takes the first two eigenvalues"
def speed_limit(hessian):
    return (2 / torch.linalg.eigvalsh(hessian)[-1]).item()


def best_rate(hessian):
    found = torch.linalg.eigvalsh(hessian)
    return (2 / (found[0] + found[1])).item()


# %% right="least_squares: a table of ones, filled"
def least_squares(x, y):
    table = torch.ones(len(x), x.shape[1] + 1)
    table[:, :-1] = x
    solution = torch.linalg.solve(table.T @ table, table.T @ y)
    return solution[:-1], solution[-1].item()


# %% wrong="least_squares: centres the table that it was given"
def least_squares(x, y):
    means = x.mean(0)
    x -= means
    w = torch.linalg.lstsq(x, (y - y.mean())[:, None]).solution[:, 0]
    return w, (y.mean() - means @ w).item()


# %% wrong="least_squares: a ridge that is not asked for"
def least_squares(x, y):
    table = torch.cat([x, torch.ones(len(x), 1)], dim=1)
    solution = torch.linalg.solve(table.T @ table + 0.1 * torch.eye(table.shape[1]), table.T @ y)
    return solution[:-1], solution[-1].item()


# %% wrong="least_squares: the sign of the bias is lost"
def least_squares(x, y):
    table = torch.cat([x, torch.ones(len(x), 1)], dim=1)
    solution = torch.linalg.solve(table.T @ table, table.T @ y)
    return solution[:-1], solution[-1].abs().item()


# %% right="cubic_by_hand: clears after the step, as in the fast.ai book"
def powers_of(x):
    return torch.stack([x, x**2, x**3], dim=1)


def cubic_model():
    return nn.Sequential(nn.Linear(3, 1), nn.Flatten(0, 1))


def fit_by_hand(model, features, y, lr, steps):
    losses = []
    for _ in range(steps):
        loss = ((model(features) - y) ** 2).sum()
        loss.backward()
        losses.append(loss.item())
        for p in model.parameters():
            p.data -= lr * p.grad
            p.grad = None
    return losses


# %% wrong="cubic_by_hand: keeps the losses with their graphs"
def powers_of(x):
    return x[:, None] ** torch.tensor([1, 2, 3])


def cubic_model():
    return nn.Sequential(nn.Linear(3, 1), nn.Flatten(0, 1))


def fit_by_hand(model, features, y, lr, steps):
    losses = []
    for _ in range(steps):
        loss = F.mse_loss(model(features), y, reduction="sum")
        losses.append(loss)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= lr * p.grad
    return losses


# %% wrong="cubic_by_hand: one rate written down"
def powers_of(x):
    return x[:, None] ** torch.tensor([1, 2, 3])


def cubic_model():
    return nn.Sequential(nn.Linear(3, 1), nn.Flatten(0, 1))


def fit_by_hand(model, features, y, lr, steps):
    losses = []
    for _ in range(steps):
        loss = F.mse_loss(model(features), y, reduction="sum")
        losses.append(loss.item())
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= min(lr, 0.01) * p.grad
    return losses


# %% wrong="walk: every place keeps the graph of all steps before it"
def walk(loss_of, start, lr, steps):
    w = torch.tensor(float(start), requires_grad=True)
    places = [w]
    for _ in range(steps):
        (slope,) = torch.autograd.grad(loss_of(places[-1]), places[-1])
        places.append(places[-1] - lr * slope)
    return places


# %% wrong="cubic_by_hand: detached tensors for plain numbers"
def powers_of(x):
    return torch.stack([x, x**2, x**3], dim=1)


def cubic_model():
    return nn.Sequential(nn.Linear(3, 1), nn.Flatten(0, 1))


def fit_by_hand(model, features, y, lr, steps):
    losses = []
    for _ in range(steps):
        loss = F.mse_loss(model(features), y, reduction="sum")
        losses.append(loss.detach())
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= lr * p.grad
    return losses


# %% wrong="walk: stops where the ground is flat"
def walk(loss_of, start, lr, steps):
    w = torch.tensor(float(start), requires_grad=True)
    places = [w.item()]
    for _ in range(steps):
        (slope,) = torch.autograd.grad(loss_of(w), w)
        if slope == 0:
            break
        with torch.no_grad():
            w -= lr * slope
        places.append(w.item())
    return places


# %% wrong="walk: a hundred steps at most"
def walk(loss_of, start, lr, steps):
    w = torch.tensor(float(start), requires_grad=True)
    places = [w.item()]
    for _ in range(min(steps, 100)):
        (slope,) = torch.autograd.grad(loss_of(w), w)
        with torch.no_grad():
            w -= lr * slope
        places.append(w.item())
    return places


# %% wrong="speed_limit: rates by trial, on a grid up to one"
def speed_limit(hessian):
    values = torch.linalg.eigvalsh(hessian)
    grid = torch.linspace(0.0005, 1, 20000)
    return grid[((1 - grid[:, None] * values).abs() <= 1).all(1)].max().item()


def best_rate(hessian):
    values = torch.linalg.eigvalsh(hessian)
    grid = torch.linspace(0.0005, 1, 20000)
    return grid[(1 - grid[:, None] * values).abs().amax(1).argmin()].item()


# %% wrong="least_squares: a long walk in place of the solution"
def least_squares(x, y):
    table = torch.cat([x, torch.ones(len(x), 1)], dim=1)
    rate = 1 / torch.linalg.eigvalsh(table.T @ table)[-1]
    v = torch.zeros(table.shape[1])
    for _ in range(3000):
        v = v - rate * table.T @ (table @ v - y)
    return v[:-1], v[-1].item()


# %% wrong="least_squares: the first hundred rows have to do"
def least_squares(x, y):
    x, y = x[:100], y[:100]
    table = torch.cat([x, torch.ones(len(x), 1)], dim=1)
    solution = torch.linalg.lstsq(table, y[:, None]).solution[:, 0]
    return solution[:-1], solution[-1].item()


# %% wrong="least_squares: a little ridge, to be on the safe side"
def least_squares(x, y):
    table = torch.cat([x, torch.ones(len(x), 1)], dim=1)
    solution = torch.linalg.solve(table.T @ table + 0.01 * torch.eye(table.shape[1]), table.T @ y)
    return solution[:-1], solution[-1].item()


# %% wrong="cubic_by_hand: squeeze, which loses the axis of a single row"
class Cubic(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(3, 1)

    def forward(self, x):
        return self.layer(x).squeeze()


def powers_of(x):
    return torch.stack([x, x**2, x**3], dim=1)


def cubic_model():
    return Cubic()


def fit_by_hand(model, features, y, lr, steps):
    losses = []
    for _ in range(steps):
        loss = (model(features) - y).square().sum()
        losses.append(loss.item())
        slopes = torch.autograd.grad(loss, list(model.parameters()))
        with torch.no_grad():
            for p, slope in zip(model.parameters(), slopes, strict=True):
                p -= lr * slope
    return losses


# %% wrong="cubic_by_hand: one model for all who ask"
the_only_model = nn.Sequential(nn.Linear(3, 1), nn.Flatten(0, 1))


def powers_of(x):
    return torch.stack([x, x**2, x**3], dim=1)


def cubic_model():
    return the_only_model


def fit_by_hand(model, features, y, lr, steps):
    losses = []
    for _ in range(steps):
        loss = (model(features) - y).square().sum()
        losses.append(loss.item())
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= lr * p.grad
    return losses


# %% wrong="cubic_by_hand: steps for the weight and the bias of one linear layer only"
def powers_of(x):
    return torch.stack([x, x**2, x**3], dim=1)


def cubic_model():
    return nn.Sequential(nn.Linear(3, 1), nn.Flatten(0, 1))


def fit_by_hand(model, features, y, lr, steps):
    layer = next(module for module in model.modules() if isinstance(module, nn.Linear))
    losses = []
    for _ in range(steps):
        loss = (model(features) - y).square().sum()
        losses.append(loss.item())
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            layer.weight -= lr * layer.weight.grad
            layer.bias -= lr * layer.bias.grad
    return losses


# %% wrong="cubic_by_hand: the powers as an array"
def powers_of(x):
    return torch.stack([x, x**2, x**3], dim=1).numpy()


def cubic_model():
    return nn.Sequential(nn.Linear(3, 1), nn.Flatten(0, 1))


def fit_by_hand(model, features, y, lr, steps):
    losses = []
    for _ in range(steps):
        model.zero_grad()
        loss = (model(features) - y).square().sum()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= lr * p.grad
        losses.append(loss.item())
    return losses


# %% [markdown] explains="walk"
# `w` is the one thing that autograd has to watch, so it requires a gradient from the start, and it stays the same
# tensor to the end. `sub_` with its underscore changes it; `w.sub(…)` computes the new place and throws it away. The
# step is not part of the loss, hence `no_grad`. By hand: the slope of $\tfrac12 w^2$ at 8 is 8, so a rate of 0.5 leads
# to 4.
#
# `zero_` clears the *gradient*, because the next `backward` would add to it. In a bowl with the slope $aw$ the second
# step would then go along two slopes, the third along three: a walk that should creep swings wildly. `places` needs
# `item()`, a number; `w.detach()` would share its memory with `w`, and at the end every place in the list would show
# the last one.

# %% [markdown] explains="speed_limit"
# In the direction of an eigenvector with the eigenvalue $a$, each step multiplies the distance by $1 - \eta a$. It runs
# away where that is below −1, so at $\eta > 2/a$. The steepest direction is the first to do so, and it alone sets the
# limit: $2/\lambda_{\max}$.
#
# For the best rate follow both ends. A larger $\eta$ helps the flattest direction, whose factor $1 - \eta a$ falls, and
# harms the steepest, whose size $\eta b - 1$ rises. Where the two meet, neither can be improved without the other:
# $1 - \eta a = \eta b - 1$ gives $\eta = 2/(a + b)$. All eigenvalues in between have a factor between the two and play
# no part. That is why the mean of all eigenvalues, which happens to be right in two dimensions, fails in three. Nor
# will the diagonal do: it says how steep the ground is along the *axes*. The Hessian with the rows (2, −1) and (−1, 2)
# has twos on its diagonal and the eigenvalues 1 and 3.

# %% [markdown] explains="least_squares"
# With a column of ones the bias becomes one more weight, and the table with that column is the $X$ of the normal
# equations. Nothing else changes: $X^\top X$ is square, of size features + 1, and `solve` finds the weights. The ones
# stand last, so the last entry is the bias.
#
# It is tempting to take the mean of `y` as the bias and to fit the rest. That is right only if every feature has the
# mean 0; otherwise the line passes at the wrong height, and its slope tries to make up for it. Equally tempting is a
# slope for each feature by itself. It counts what two features share twice: the larger flats may also be the older
# ones. By hand: the points (0, 1), (1, 3), (3, 7) give the system $10w + 4b = 24$, $4w + 3b = 11$, and $w = 2$, $b = 1$
# solve it.

# %% [markdown] explains="cubic_by_hand"
# `unsqueeze(-1)` makes (n, 1), the exponents have the shape (3,), and broadcasting fills (n, 3). `Flatten` folds all
# axes but the first if nobody says otherwise, which leaves (n, 1) as it is. `Flatten(0, 1)` folds just these two. Why
# it matters: (n, 1) minus a `y` of (n,) is a table of n × n, a loss with a meaning that nobody intended. (PyTorch's
# `MSELoss` warns about it. Many people do not read warnings.)
#
# In the loop, `zero_grad` may stand anywhere but between `backward` and the step, where it would throw away what was
# just computed. Before the loop is not enough. The loss is a *sum*: with 400 points its gradient is 400 times that of
# the mean, so the rate must be 400 times smaller. Of the millionth in the picture below that factor is one half of the
# story, and $x^3$, which reaches 31, the other. The lesson's speed limit says the same, since $H = 2X^\top X$ grows
# with every row.
