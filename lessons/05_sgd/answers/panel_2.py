# Answers by a panel that read only the released notebook: what `course audit` grades and counts apart. No student sees them.

# %% right="walk: blanks filled, double precision"
def walk(loss_of, start: float, lr: float, steps: int) -> list[float]:
    """The places of a walk downhill: the start, then one place after each step."""
    w = torch.tensor(float(start), dtype=torch.float64, requires_grad=True)
    places = [w.item()]
    for _ in range(steps):
        loss = loss_of(w)
        loss.backward()
        with torch.no_grad():
            w.sub_(lr * w.grad)
        w.grad.zero_()
        places.append(w.item())
    return places


# %% right="walk: torch.autograd.grad instead of backward, add_ with alpha, list made of recorded clones"
def walk(loss_of, start: float, lr: float, steps: int) -> list[float]:
    w = torch.tensor(float(start), requires_grad=True)
    trail = [w.detach().clone()]
    while len(trail) <= steps:
        (slope,) = torch.autograd.grad(loss_of(w), w)
        with torch.no_grad():
            w.add_(slope, alpha=-lr)
        trail.append(w.detach().clone())
    return torch.stack(trail).tolist()


# %% right="walk: a helper finds the slope with a fresh leaf in each step, itertools.accumulate collects the places"
def slope_at(loss_of, place: float) -> float:
    leaf = torch.tensor(place, requires_grad=True)
    loss_of(leaf).backward()
    return leaf.grad.item()


def walk(loss_of, start: float, lr: float, steps: int) -> list[float]:
    def one_step(place, _):
        return place - lr * slope_at(loss_of, place)

    return list(itertools.accumulate(range(steps), one_step, initial=float(start)))


# %% wrong="walk: moves by lr times the place instead of lr times the slope; breaks: autograd finds the slope, right only for the bowl w*w/2, seen with steepness 4 or bottom 1"
def walk(loss_of, start: float, lr: float, steps: int) -> list[float]:
    w = torch.tensor(float(start), requires_grad=True)
    places = [w.item()]
    for _ in range(steps):
        loss = loss_of(w)
        loss.backward()
        with torch.no_grad():
            w.sub_(lr * w)
        w.grad.zero_()
        places.append(w.item())
    return places


# %% wrong="walk: gradient only detached, never cleared; breaks: nothing of this slope may be left for the next step, seen with two or more steps"
def walk(loss_of, start: float, lr: float, steps: int) -> list[float]:
    w = torch.tensor(float(start), requires_grad=True)
    places = [w.item()]
    for _ in range(steps):
        loss = loss_of(w)
        loss.backward()
        with torch.no_grad():
            w.sub_(lr * w.grad)
        w.grad.detach_()
        places.append(w.item())
    return places


# %% wrong="walk: keeps w.detach() without a copy, so that all places show the last one; breaks: collect all the places (one place after each step), seen with two steps"
def walk(loss_of, start: float, lr: float, steps: int) -> list[float]:
    w = torch.tensor(float(start), requires_grad=True)
    places = [w.item()]
    for _ in range(steps):
        loss = loss_of(w)
        loss.backward()
        with torch.no_grad():
            w.sub_(lr * w.grad)
        w.grad.zero_()
        places.append(w.detach())
    return [place if isinstance(place, float) else place.item() for place in places]


# %% wrong="walk: stops as soon as the loss rises; breaks: take steps steps and collect one place after each step, seen with a learning rate above the limit (list too short)"
def walk(loss_of, start: float, lr: float, steps: int) -> list[float]:
    w = torch.tensor(float(start), requires_grad=True)
    places = [w.item()]
    best = math.inf
    for _ in range(steps):
        loss = loss_of(w)
        if loss.item() > best:
            break
        best = loss.item()
        loss.backward()
        with torch.no_grad():
            w.sub_(lr * w.grad)
        w.grad.zero_()
        places.append(w.item())
    return places


# %% wrong="walk: collects clones that hang on the graph; breaks: its result holds no autograd graph, seen with any walk of a step"
def walk(loss_of, start: float, lr: float, steps: int) -> list[float]:
    w = torch.tensor(float(start), requires_grad=True)
    places = [w.item()]
    for _ in range(steps):
        loss = loss_of(w)
        loss.backward()
        with torch.no_grad():
            w.sub_(lr * w.grad)
        w.grad.zero_()
        places.append(w.clone())
    return places


# %% right="speed_limit: eigvalsh, smallest and largest through aminmax, a shared helper"
def extremes(hessian):
    low, high = torch.linalg.eigvalsh(hessian).aminmax()
    return low.item(), high.item()


def speed_limit(hessian: torch.Tensor) -> float:
    """The largest learning rate that does not run away: (n, n) in, a number out."""
    return 2 / extremes(hessian)[1]


def best_rate(hessian: torch.Tensor) -> float:
    """The learning rate whose slowest direction is fastest: (n, n) in, a number out."""
    return 2 / sum(extremes(hessian))


# %% right="speed_limit: spectral norms, since eigenvalues of a positive symmetric matrix are its singular values"
def speed_limit(hessian: torch.Tensor) -> float:
    steepest = torch.linalg.matrix_norm(hessian, ord=2)
    return float(2 / steepest)


def best_rate(hessian: torch.Tensor) -> float:
    steepest = torch.linalg.matrix_norm(hessian, ord=2)
    flattest = torch.linalg.matrix_norm(hessian, ord=-2)
    return float(2 / (steepest + flattest))


# %% right="speed_limit: numpy in double precision"
def speed_limit(hessian: torch.Tensor) -> float:
    import numpy as np

    return float(2.0 / np.linalg.eigvalsh(hessian.detach().cpu().double().numpy()).max())


def best_rate(hessian: torch.Tensor) -> float:
    import numpy as np

    steepness = np.linalg.eigvalsh(hessian.detach().cpu().double().numpy())
    return float(2.0 / (steepness.min() + steepness.max()))


# %% wrong="speed_limit: reads the steepness from the diagonal; breaks: runs away in at least one direction (of an eigenvector), seen with a valley that lies along no axis such as [[2, 1], [1, 2]]"
def speed_limit(hessian: torch.Tensor) -> float:
    return (2 / hessian.diagonal().max()).item()


def best_rate(hessian: torch.Tensor) -> float:
    steepness = hessian.diagonal()
    return (2 / (steepness.min() + steepness.max())).item()


# %% wrong="speed_limit: best_rate takes 2 over the sum of all eigenvalues (the trace); breaks: the steepest and the flattest direction shrink equally fast, seen with three or more directions, diag(1, 2, 12)"
def speed_limit(hessian: torch.Tensor) -> float:
    return 2 / torch.linalg.eigvalsh(hessian)[-1].item()


def best_rate(hessian: torch.Tensor) -> float:
    return 2 / torch.linalg.eigvalsh(hessian).sum().item()


# %% wrong="speed_limit: general eigvals taken as if sorted; breaks: speed_limit is the rate above which one direction runs away, seen with diag(12, 1): gives 2 instead of 1/6"
def speed_limit(hessian: torch.Tensor) -> float:
    return 2 / torch.linalg.eigvals(hessian).real[-1].item()


def best_rate(hessian: torch.Tensor) -> float:
    values = torch.linalg.eigvals(hessian).real
    return 2 / (values[0] + values[-1]).item()


# %% wrong="speed_limit: power iteration of fifty steps from a vector of ones; breaks: runs away in at least one direction, seen with [[2, -1], [-1, 2]], where the ones are the eigenvector of 1 and it answers 2 instead of 2/3"
def steepest(hessian):
    v = torch.ones(len(hessian), dtype=hessian.dtype)
    for _ in range(50):
        v = hessian @ v
        v = v / v.norm()
    return (v @ hessian @ v).item()


def speed_limit(hessian: torch.Tensor) -> float:
    return 2 / steepest(hessian)


def best_rate(hessian: torch.Tensor) -> float:
    return 2 / (torch.linalg.eigvalsh(hessian)[0].item() + steepest(hessian))


# %% wrong="speed_limit: largest row sum of absolute values as the steepness, which is only a bound; breaks: the rate above which the walk runs away, seen with any valley along no axis such as [[2, 1, 0], [1, 2, 1], [0, 1, 2]] (4 instead of 3.41)"
def speed_limit(hessian: torch.Tensor) -> float:
    return 2 / torch.linalg.matrix_norm(hessian, ord=float("inf")).item()


def best_rate(hessian: torch.Tensor) -> float:
    low = torch.linalg.eigvalsh(hessian)[0].item()
    return 2 / (low + torch.linalg.matrix_norm(hessian, ord=float("inf")).item())


# %% right="least_squares: normal equations with a column of ones in front, Cholesky"
def least_squares(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, float]:
    """Weights (features,) and bias with the smallest squared error: (n, features) and (n,) in."""
    columns = torch.cat([x.new_ones(len(x), 1), x], dim=1)
    triangle = torch.linalg.cholesky(columns.T @ columns)
    solution = torch.cholesky_solve((columns.T @ y)[:, None], triangle)[:, 0]
    return solution[1:], solution[0].item()


# %% right="least_squares: torch.linalg.lstsq on the padded matrix"
def least_squares(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, float]:
    with_ones = F.pad(x, (0, 1), value=1.0)
    *w, b = torch.linalg.lstsq(with_ones, y.unsqueeze(1)).solution.squeeze(1)
    return torch.stack(w), float(b)


# %% right="least_squares: centred features and labels, bias from the means"
def least_squares(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, float]:
    x_mean, y_mean = x.mean(0), y.mean()
    dx, dy = x - x_mean, y - y_mean
    w = torch.linalg.solve(dx.T @ dx, dx.T @ dy)
    return w, (y_mean - x_mean @ w).item()


# %% wrong="least_squares: bias chosen so that the line goes through the first point; breaks: bias with the smallest squared error, seen with any points that lie on no line"
def least_squares(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, float]:
    ones = torch.ones(len(x), 1)
    columns = torch.cat([x, ones], dim=1)
    w = torch.linalg.solve(columns.T @ columns, columns.T @ y)[:-1]
    return w, (y[0] - x[0] @ w).item()


# %% wrong="least_squares: each weight from its feature alone (covariance over variance); breaks: weights with the smallest squared error, seen with two correlated features"
def least_squares(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, float]:
    dx, dy = x - x.mean(0), y - y.mean()
    w = (dx * dy[:, None]).sum(0) / (dx**2).sum(0)
    b = y.mean() - x.mean(0) @ w
    return w, b.item()


# %% wrong="least_squares: solves for the first rows exactly and ignores the rest; breaks: the best straight line (smallest squared error), seen with noisy points, more rows than unknowns"
def least_squares(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, float]:
    columns = torch.cat([x, torch.ones(len(x), 1)], dim=1)
    k = columns.shape[1]
    solution = torch.linalg.solve(columns[:k], y[:k])
    return solution[:-1], solution[-1].item()


# %% wrong="least_squares: centres x and y in place; breaks: it leaves its inputs unchanged, seen with any x whose mean is not 0"
def least_squares(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, float]:
    x_mean, y_mean = x.mean(0), y.mean()
    x -= x_mean
    y -= y_mean
    w = torch.linalg.solve(x.T @ x, x.T @ y)
    return w, (y_mean - x_mean @ w).item()


# %% wrong="least_squares: a walk of gradient descent with a fixed rate instead of the solution; breaks: the best straight line, seen with features ten times as large (nan) or nearly parallel ones (not there yet)"
def least_squares(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, float]:
    columns = torch.cat([x, torch.ones(len(x), 1)], dim=1)
    v = torch.zeros(columns.shape[1])
    for _ in range(2000):
        v = v - 0.1 * 2 * columns.T @ (columns @ v - y) / len(x)
    return v[:-1], v[-1].item()


# %% right="cubic_by_hand: blanks as the text hints, zero_grad first, sub_ for each parameter"
def powers_of(x: torch.Tensor) -> torch.Tensor:
    """The columns x, x² and x³: (n,) in, (n, 3) out."""
    exponents = torch.tensor([1, 2, 3])
    return x.unsqueeze(-1).pow(exponents)


def cubic_model() -> nn.Module:
    """Three features in, one number out: (n, 3) to (n,)."""
    return nn.Sequential(nn.Linear(3, 1), nn.Flatten(0, 1))


def fit_by_hand(model, features, y, lr: float, steps: int) -> list[float]:
    """Steps on the sum of squared errors, in place; returns the losses."""
    loss_func = nn.MSELoss(reduction="sum")
    losses = []
    for _ in range(steps):
        model.zero_grad()
        loss = loss_func(model(features), y)
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p.sub_(lr * p.grad)
        losses.append(loss.item())
    return losses


# %% right="cubic_by_hand: torch.stack, autograd.grad and _foreach_add_, squares added up by hand"
def powers_of(x: torch.Tensor) -> torch.Tensor:
    return torch.stack([x, x * x, x * x * x], dim=1)


def cubic_model() -> nn.Module:
    layers = [nn.Linear(in_features=3, out_features=1), nn.Flatten(start_dim=0, end_dim=-1)]
    return nn.Sequential(*layers)


def fit_by_hand(model, features, y, lr: float, steps: int) -> list[float]:
    params = list(model.parameters())

    def step():
        loss = (model(features) - y).square().sum()
        slopes = torch.autograd.grad(loss, params)
        with torch.no_grad():
            torch._foreach_add_(params, slopes, alpha=-lr)
        return loss.item()

    return [step() for _ in range(steps)]


# %% right="cubic_by_hand: cumprod for the powers, a Module class, steps through p.data and gradients set to None"
def powers_of(x: torch.Tensor) -> torch.Tensor:
    return x[:, None].expand(-1, 3).cumprod(dim=1)


class Cubic(nn.Module):
    def __init__(self):
        super().__init__()
        self.line = nn.Linear(3, 1)

    def forward(self, features):
        return self.line(features).flatten()


def cubic_model() -> nn.Module:
    return Cubic()


def fit_by_hand(model, features, y, lr: float, steps: int) -> list[float]:
    losses = []
    for p in model.parameters():
        p.grad = None
    for _ in range(steps):
        loss = F.mse_loss(model(features), y, reduction="sum")
        losses.append(float(loss.detach()))
        loss.backward()
        for p in model.parameters():
            p.data -= lr * p.grad
            p.grad = None
    return losses


# %% wrong="cubic_by_hand: gradients are never cleared; breaks: no gradient may be left over for the next one, seen with two steps"
def powers_of(x: torch.Tensor) -> torch.Tensor:
    exponents = torch.tensor([1, 2, 3])
    return x.unsqueeze(-1).pow(exponents)


def cubic_model() -> nn.Module:
    return nn.Sequential(nn.Linear(3, 1), nn.Flatten(0, 1))


def fit_by_hand(model, features, y, lr: float, steps: int) -> list[float]:
    loss_func = nn.MSELoss(reduction="sum")
    losses = []
    model.zero_grad()
    for _ in range(steps):
        loss = loss_func(model(features), y)
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= lr * p.grad
        losses.append(loss.item())
    return losses


# %% wrong="cubic_by_hand: linear layer without bias; breaks: no feature for the constant term, because the layer's bias is one, seen with cubic_model()(zeros) which is always 0 and has 3 parameters"
def powers_of(x: torch.Tensor) -> torch.Tensor:
    exponents = torch.tensor([1, 2, 3])
    return x.unsqueeze(-1).pow(exponents)


def cubic_model() -> nn.Module:
    return nn.Sequential(nn.Linear(3, 1, bias=False), nn.Flatten(0, 1))


def fit_by_hand(model, features, y, lr: float, steps: int) -> list[float]:
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


# %% wrong="cubic_by_hand: nn.Flatten() with its defaults leaves (n, 1); breaks: nn.Flatten with two axes folds that to (n,), seen with the shape of cubic_model()(features)"
def powers_of(x: torch.Tensor) -> torch.Tensor:
    exponents = torch.tensor([1, 2, 3])
    return x.unsqueeze(-1).pow(exponents)


def cubic_model() -> nn.Module:
    return nn.Sequential(nn.Linear(3, 1), nn.Flatten())


def fit_by_hand(model, features, y, lr: float, steps: int) -> list[float]:
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


# %% wrong="cubic_by_hand: losses kept as detached tensors; breaks: it returns plain Python numbers, not tensors, seen with any call"
def powers_of(x: torch.Tensor) -> torch.Tensor:
    exponents = torch.tensor([1, 2, 3])
    return x.unsqueeze(-1).pow(exponents)


def cubic_model() -> nn.Module:
    return nn.Sequential(nn.Linear(3, 1), nn.Flatten(0, 1))


def fit_by_hand(model, features, y, lr: float, steps: int) -> list[float]:
    loss_func = nn.MSELoss(reduction="sum")
    losses = []
    for _ in range(steps):
        loss = loss_func(model(features), y)
        losses.append(loss.detach())
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= lr * p.grad
    return losses


# %% wrong="cubic_by_hand: stops when the loss no longer falls; breaks: return the losses, each from before its step (steps of them), seen with a rate above the limit: the list is shorter than steps"
def powers_of(x: torch.Tensor) -> torch.Tensor:
    exponents = torch.tensor([1, 2, 3])
    return x.unsqueeze(-1).pow(exponents)


def cubic_model() -> nn.Module:
    return nn.Sequential(nn.Linear(3, 1), nn.Flatten(0, 1))


def fit_by_hand(model, features, y, lr: float, steps: int) -> list[float]:
    loss_func = nn.MSELoss(reduction="sum")
    losses = []
    for _ in range(steps):
        loss = loss_func(model(features), y)
        losses.append(loss.item())
        if len(losses) > 1 and losses[-1] >= losses[-2]:
            break
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= lr * p.grad
    return losses


# %% right="fit_with: the plain two lines, keyword lr"
def make_sgd(model, lr: float):
    """Plain gradient descent on all the parameters of the model."""
    from torch import optim

    return optim.SGD(model.parameters(), lr=lr)


def fit_with(make, model, features, y, lr: float, steps: int) -> list[float]:
    """Steps of an optimiser on the sum of squared errors, in place; returns the losses."""
    loss_func = nn.MSELoss(reduction="sum")
    losses = []
    opt = make(model.parameters(), lr=lr)
    for _ in range(steps):
        loss = loss_func(model(features), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% right="fit_with: a closure for the optimiser, whose step returns the loss"
def make_sgd(model, lr: float):
    from torch.optim import SGD as PlainDescent

    return PlainDescent(list(model.parameters()), lr, momentum=0.0)


def fit_with(make, model, features, y, lr: float, steps: int) -> list[float]:
    opt = make(model.parameters(), lr=lr)

    def closure():
        opt.zero_grad()
        loss = F.mse_loss(model(features), y, reduction="sum")
        loss.backward()
        return loss

    return [opt.step(closure).item() for _ in range(steps)]


# %% right="fit_with: parameter groups, losses written into a tensor that is turned into a list at the end"
def make_sgd(model, lr: float):
    from torch import optim

    return optim.SGD([{"params": list(model.parameters()), "lr": lr}])


def fit_with(make, model, features, y, lr: float, steps: int) -> list[float]:
    opt = make([{"params": list(model.parameters())}], lr=lr)
    losses = torch.zeros(steps, dtype=torch.float64)
    opt.zero_grad()
    for i in range(steps):
        errors = model(features) - y
        loss = errors.pow(2).sum()
        losses[i] = loss.detach()
        loss.backward()
        opt.step()
        opt.zero_grad()
    return losses.tolist()


# %% wrong="fit_with: make_sgd has a momentum of 0.9; breaks: plain gradient descent, seen with two steps of the optimiser"
def make_sgd(model, lr: float):
    from torch import optim

    return optim.SGD(model.parameters(), lr=lr, momentum=0.9)


def fit_with(make, model, features, y, lr: float, steps: int) -> list[float]:
    loss_func = nn.MSELoss(reduction="sum")
    losses = []
    opt = make(model.parameters(), lr=lr)
    for _ in range(steps):
        loss = loss_func(model(features), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="fit_with: ignores make and always takes SGD; breaks: make is a class such as SGD or RMSprop (steps of an optimiser), seen with make=torch.optim.RMSprop"
def make_sgd(model, lr: float):
    from torch import optim

    return optim.SGD(model.parameters(), lr=lr)


def fit_with(make, model, features, y, lr: float, steps: int) -> list[float]:
    loss_func = nn.MSELoss(reduction="sum")
    losses = []
    opt = make_sgd(model, lr)
    for _ in range(steps):
        loss = loss_func(model(features), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="fit_with: a new optimiser in every step, which forgets its averages; breaks: the optimiser is told once which parameters it looks after, seen with RMSprop or Adam and two steps"
def make_sgd(model, lr: float):
    from torch import optim

    return optim.SGD(model.parameters(), lr=lr)


def fit_with(make, model, features, y, lr: float, steps: int) -> list[float]:
    loss_func = nn.MSELoss(reduction="sum")
    losses = []
    for _ in range(steps):
        opt = make(model.parameters(), lr=lr)
        loss = loss_func(model(features), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="fit_with: make_sgd looks after the first layer only; breaks: on all the parameters of the model, seen with a net of two layers"
def make_sgd(model, lr: float):
    from torch import optim

    return optim.SGD(model[0].parameters(), lr=lr)


def fit_with(make, model, features, y, lr: float, steps: int) -> list[float]:
    loss_func = nn.MSELoss(reduction="sum")
    losses = []
    opt = make(model.parameters(), lr=lr)
    for _ in range(steps):
        loss = loss_func(model(features), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="fit_with: zero_grad stands before the loop, so gradients pile up; breaks: clear the gradients in every step, seen with SGD and two steps"
def make_sgd(model, lr: float):
    from torch import optim

    return optim.SGD(model.parameters(), lr=lr)


def fit_with(make, model, features, y, lr: float, steps: int) -> list[float]:
    loss_func = nn.MSELoss(reduction="sum")
    losses = []
    opt = make(model.parameters(), lr=lr)
    opt.zero_grad()
    for _ in range(steps):
        loss = loss_func(model(features), y)
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% right="Settings: blanks filled, set of names as meant"
class Settings:
    """For classes that want to remember what they were made with."""

    def save_hyperparameters(self, ignore=()) -> None:
        """Makes the arguments of the calling __init__ attributes, and keeps them in self.hparams."""
        arguments = inspect.currentframe().f_back.f_locals
        kept = {name for name in arguments if not name.startswith("_")}
        kept -= {"self", *ignore}
        self.hparams = {name: arguments[name] for name in kept}
        for name, value in self.hparams.items():
            setattr(self, name, value)


# %% right="Settings: sys._getframe, a loop with continue, names in their order"
class Settings:
    def save_hyperparameters(self, ignore=()) -> None:
        import sys

        skipped = ["self"] + list(ignore)
        self.hparams = {}
        for name, value in sys._getframe(1).f_locals.items():
            if name[0] == "_" or name in skipped:
                continue
            self.hparams[name] = value
            setattr(self, name, value)


# %% right="Settings: inspect.getargvalues, so that only arguments and no other locals are looked at, then __dict__ is updated"
class Settings:
    @staticmethod
    def _is_wanted(name, unwanted):
        return not name.startswith("_") and name not in unwanted

    def save_hyperparameters(self, ignore=()) -> None:
        found = inspect.getargvalues(inspect.currentframe().f_back)
        names = [*found.args, *(name for name in (found.varargs, found.keywords) if name is not None)]
        unwanted = frozenset(ignore) | {"self"}
        self.hparams = {name: found.locals[name] for name in names if self._is_wanted(name, unwanted)}
        self.__dict__.update(self.hparams)


# %% wrong="Settings: takes away the word ignore instead of the names in it; breaks: everything is stored except self, the names in ignore, seen with ignore=['rows']"
class Settings:
    def save_hyperparameters(self, ignore=()) -> None:
        arguments = inspect.currentframe().f_back.f_locals
        kept = {name for name in arguments if not name.startswith("_")}
        kept -= {"self", "ignore"}
        self.hparams = {name: arguments[name] for name in kept}
        for name, value in self.hparams.items():
            setattr(self, name, value)


# %% wrong="Settings: falsy arguments are dropped; breaks: everything is stored except self, the names in ignore and underscores, seen with weight_decay=0 or bias=False"
class Settings:
    def save_hyperparameters(self, ignore=()) -> None:
        arguments = inspect.currentframe().f_back.f_locals
        kept = {name for name in arguments if not name.startswith("_")}
        kept -= {"self", *ignore}
        self.hparams = {name: arguments[name] for name in kept if arguments[name]}
        for name, value in self.hparams.items():
            setattr(self, name, value)


# %% wrong="Settings: hparams is one dictionary of the class, shared by all objects; breaks: keeps them in self.hparams, seen with two objects made with different width: the first then shows the second's settings"
class Settings:
    hparams = {}

    def save_hyperparameters(self, ignore=()) -> None:
        arguments = inspect.currentframe().f_back.f_locals
        kept = {name for name in arguments if not name.startswith("_")}
        kept -= {"self", *ignore}
        for name in kept:
            self.hparams[name] = arguments[name]
            setattr(self, name, arguments[name])


# %% wrong="Settings: looks for the underscore at the end of the name; breaks: except names that begin with an underscore, seen with an argument _secret, which is stored"
class Settings:
    def save_hyperparameters(self, ignore=()) -> None:
        arguments = inspect.currentframe().f_back.f_locals
        kept = {name for name in arguments if not name.endswith("_")}
        kept -= {"self", *ignore}
        self.hparams = {name: arguments[name] for name in kept}
        for name, value in self.hparams.items():
            setattr(self, name, value)


# %% wrong="Settings: only hparams leaves the ignored names out, attributes get everything; breaks: everything is stored except the names in ignore, seen with ignore=['rows']: model.rows exists"
class Settings:
    def save_hyperparameters(self, ignore=()) -> None:
        arguments = inspect.currentframe().f_back.f_locals
        kept = {name for name in arguments if not name.startswith("_")} - {"self"}
        for name in kept:
            setattr(self, name, arguments[name])
        self.hparams = {name: arguments[name] for name in kept - set(ignore)}


# %% right="one_pass: blanks filled"
class Rows(Dataset):
    """Row number i is the pair of features x[i] and label y[i], the label as a float."""

    def __init__(self, x: torch.Tensor, y: torch.Tensor):
        self.x, self.y = x, y.float()

    def __len__(self) -> int:
        return len(self.x)

    def __getitem__(self, i: int):
        return self.x[i], self.y[i]


def one_pass(model, x, y, lr: float, size: int) -> list[float]:
    """One epoch of mini-batch SGD on the binary cross-entropy, in place; returns the loss of each batch."""
    from torch.utils.data import DataLoader, TensorDataset

    dataset = TensorDataset(x, y.float())
    loader = DataLoader(dataset, batch_size=size, shuffle=True)
    loss_func = nn.BCELoss()
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for xb, yb in loader:
        loss = loss_func(model(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% right="one_pass: TensorDataset indexed by the parts of a random permutation, functional loss"
class Rows(Dataset):
    def __init__(self, x: torch.Tensor, y: torch.Tensor):
        self.x, self.y = x, y.to(torch.float32)

    def __len__(self) -> int:
        return self.y.shape[0]

    def __getitem__(self, i: int):
        return tuple(column[i] for column in (self.x, self.y))


def one_pass(model, x, y, lr: float, size: int) -> list[float]:
    from torch.utils.data import TensorDataset

    dataset = TensorDataset(x, y.to(torch.float32))
    opt = torch.optim.SGD(model.parameters(), lr=lr)

    def step(rows):
        features, labels = dataset[rows]
        opt.zero_grad()
        loss = F.binary_cross_entropy(model(features), labels)
        loss.backward()
        opt.step()
        return float(loss.detach())

    return [step(rows) for rows in torch.randperm(len(dataset)).split(size)]


# %% right="one_pass: Rows over zipped pairs, a BatchSampler over a RandomSampler, steps by hand"
class Rows(Dataset):
    def __init__(self, x: torch.Tensor, y: torch.Tensor):
        self.pairs = list(zip(x, y.float(), strict=True))

    def __len__(self) -> int:
        return len(self.pairs)

    def __getitem__(self, i: int):
        return self.pairs[i]


def one_pass(model, x, y, lr: float, size: int) -> list[float]:
    from torch.utils.data import BatchSampler, DataLoader, RandomSampler, TensorDataset

    dataset = TensorDataset(x, y.float())
    batches = BatchSampler(RandomSampler(dataset), batch_size=size, drop_last=False)
    losses = []
    for xb, yb in DataLoader(dataset, batch_sampler=batches):
        model.zero_grad()
        p = model(xb)
        loss = nn.BCELoss()(p, yb)
        loss.backward()
        with torch.no_grad():
            for weight in model.parameters():
                weight -= lr * weight.grad
        losses.append(loss.item())
    return losses


# %% wrong="one_pass: drops the last batch if it is smaller; breaks: goes once through all the rows, seen with 7 rows and size 2"
class Rows(Dataset):
    def __init__(self, x: torch.Tensor, y: torch.Tensor):
        self.x, self.y = x, y.float()

    def __len__(self) -> int:
        return len(self.x)

    def __getitem__(self, i: int):
        return self.x[i], self.y[i]


def one_pass(model, x, y, lr: float, size: int) -> list[float]:
    from torch.utils.data import DataLoader, TensorDataset

    dataset = TensorDataset(x, y.float())
    loader = DataLoader(dataset, batch_size=size, shuffle=True, drop_last=True)
    loss_func = nn.BCELoss()
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for xb, yb in loader:
        loss = loss_func(model(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="one_pass: length of the data set counts numbers instead of rows; breaks: how many rows there are (len(dataset)), seen with two features a row"
class Rows(Dataset):
    def __init__(self, x: torch.Tensor, y: torch.Tensor):
        self.x, self.y = x, y.float()

    def __len__(self) -> int:
        return self.x.numel()

    def __getitem__(self, i: int):
        return self.x[i], self.y[i]


def one_pass(model, x, y, lr: float, size: int) -> list[float]:
    from torch.utils.data import DataLoader, TensorDataset

    dataset = TensorDataset(x, y.float())
    loader = DataLoader(dataset, batch_size=size, shuffle=True)
    loss_func = nn.BCELoss()
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for xb, yb in loader:
        loss = loss_func(model(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="one_pass: ignores size and takes batches of two; breaks: in shuffled batches of size, seen with size 4"
class Rows(Dataset):
    def __init__(self, x: torch.Tensor, y: torch.Tensor):
        self.x, self.y = x, y.float()

    def __len__(self) -> int:
        return len(self.x)

    def __getitem__(self, i: int):
        return self.x[i], self.y[i]


def one_pass(model, x, y, lr: float, size: int) -> list[float]:
    from torch.utils.data import DataLoader, TensorDataset

    dataset = TensorDataset(x, y.float())
    loader = DataLoader(dataset, batch_size=2, shuffle=True)
    loss_func = nn.BCELoss()
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for xb, yb in loader:
        loss = loss_func(model(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="one_pass: gradients are cleared once before the loop; breaks: one step of SGD after each batch (its own gradient), seen with more than one batch"
class Rows(Dataset):
    def __init__(self, x: torch.Tensor, y: torch.Tensor):
        self.x, self.y = x, y.float()

    def __len__(self) -> int:
        return len(self.x)

    def __getitem__(self, i: int):
        return self.x[i], self.y[i]


def one_pass(model, x, y, lr: float, size: int) -> list[float]:
    from torch.utils.data import DataLoader, TensorDataset

    dataset = TensorDataset(x, y.float())
    loader = DataLoader(dataset, batch_size=size, shuffle=True)
    loss_func = nn.BCELoss()
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    opt.zero_grad()
    for xb, yb in loader:
        loss = loss_func(model(xb), yb)
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="one_pass: no shuffling; breaks: in shuffled batches, and every call draws afresh, seen with two passes over seven rows"
class Rows(Dataset):
    def __init__(self, x: torch.Tensor, y: torch.Tensor):
        self.x, self.y = x, y.float()

    def __len__(self) -> int:
        return len(self.x)

    def __getitem__(self, i: int):
        return self.x[i], self.y[i]


def one_pass(model, x, y, lr: float, size: int) -> list[float]:
    from torch.utils.data import DataLoader, TensorDataset

    dataset = TensorDataset(x, y.float())
    loader = DataLoader(dataset, batch_size=size)
    loss_func = nn.BCELoss()
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for xb, yb in loader:
        loss = loss_func(model(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% right="Trainer: one plain loop in fit"
class Trainer:
    """Owns the loop: epochs, steps, validation, and what is drawn of them."""

    def __init__(self, max_epochs: int, board, clip: float | None = None):
        self.max_epochs, self.board, self.clip = max_epochs, board, clip

    def fit(self, model, data) -> None:
        """Trains the model in place; both curves of the board grow by one point an epoch."""
        opt = model.configure_optimizers()
        for _ in range(self.max_epochs):
            model.train()
            train_losses = []
            for batch in data.train_dataloader():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                if self.clip is not None:
                    nn.utils.clip_grad_norm_(model.parameters(), self.clip)
                opt.step()
                train_losses.append(loss.item())
            model.eval()
            valid_losses = []
            with torch.no_grad():
                for batch in data.val_dataloader():
                    valid_losses.append(model.validation_step(batch).item())
            self.board.add("training loss", sum(train_losses) / len(train_losses))
            self.board.add("validation loss", sum(valid_losses) / len(valid_losses))


# %% right="Trainer: helper methods, loaders made once, no_grad as a decorator, statistics.fmean"
class Trainer:
    def __init__(self, max_epochs: int, board, clip: float | None = None):
        self.max_epochs, self.board, self.clip = max_epochs, board, clip

    def one_step(self, model, opt, batch) -> float:
        opt.zero_grad()
        loss = model.training_step(batch)
        loss.backward()
        if self.clip:
            nn.utils.clip_grad_norm_(model.parameters(), self.clip)
        opt.step()
        return float(loss.detach())

    @torch.no_grad()
    def validate(self, model, loader) -> list[float]:
        model.eval()
        return [float(model.validation_step(batch)) for batch in loader]

    def fit(self, model, data) -> None:
        from statistics import fmean

        opt = model.configure_optimizers()
        train_loader, val_loader = data.train_dataloader(), data.val_dataloader()
        for _ in range(self.max_epochs):
            model.train()
            self.board.add("training loss", fmean([self.one_step(model, opt, batch) for batch in train_loader]))
            self.board.add("validation loss", fmean(self.validate(model, val_loader)))


# %% right="Trainer: inference_mode, losses stacked and averaged as tensors, model left in training mode at the end"
class Trainer:
    def __init__(self, max_epochs: int, board, clip: float | None = None):
        self.max_epochs, self.board, self.clip = max_epochs, board, clip

    def fit(self, model, data) -> None:
        optimiser = model.configure_optimizers()
        limit = float("inf") if self.clip is None else self.clip
        epoch = 0
        optimiser.zero_grad()
        while epoch < self.max_epochs:
            kept = {"training loss": [], "validation loss": []}
            model.train()
            for batch in data.train_dataloader():
                loss = model.training_step(batch)
                loss.backward()
                if limit < float("inf"):
                    torch.nn.utils.clip_grad_norm_(list(model.parameters()), limit)
                optimiser.step()
                optimiser.zero_grad()
                kept["training loss"].append(loss.detach())
            model.eval()
            with torch.inference_mode():
                for batch in data.val_dataloader():
                    kept["validation loss"].append(model.validation_step(batch))
                means = {name: torch.stack(losses).double().mean().item() for name, losses in kept.items()}
            for name, mean in means.items():
                self.board.add(name, mean)
            model.train()
            epoch += 1


# %% wrong="Trainer: switches to training mode once, before the first epoch; breaks: in every epoch train in training mode, seen with two epochs: the second trains in evaluation mode"
class Trainer:
    def __init__(self, max_epochs: int, board, clip: float | None = None):
        self.max_epochs, self.board, self.clip = max_epochs, board, clip

    def fit(self, model, data) -> None:
        opt = model.configure_optimizers()
        model.train()
        for _ in range(self.max_epochs):
            train_losses, valid_losses = [], []
            for batch in data.train_dataloader():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                if self.clip is not None:
                    nn.utils.clip_grad_norm_(model.parameters(), self.clip)
                opt.step()
                train_losses.append(loss.item())
            model.eval()
            with torch.no_grad():
                for batch in data.val_dataloader():
                    valid_losses.append(model.validation_step(batch).item())
            self.board.add("training loss", sum(train_losses) / len(train_losses))
            self.board.add("validation loss", sum(valid_losses) / len(valid_losses))


# %% wrong="Trainer: clips after the step; breaks: limit the norm of all gradients at the right moment, seen with clip=0.1: the weights move as without clipping"
class Trainer:
    def __init__(self, max_epochs: int, board, clip: float | None = None):
        self.max_epochs, self.board, self.clip = max_epochs, board, clip

    def fit(self, model, data) -> None:
        opt = model.configure_optimizers()
        for _ in range(self.max_epochs):
            model.train()
            train_losses, valid_losses = [], []
            for batch in data.train_dataloader():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                opt.step()
                if self.clip is not None:
                    nn.utils.clip_grad_norm_(model.parameters(), self.clip)
                train_losses.append(loss.item())
            model.eval()
            with torch.no_grad():
                for batch in data.val_dataloader():
                    valid_losses.append(model.validation_step(batch).item())
            self.board.add("training loss", sum(train_losses) / len(train_losses))
            self.board.add("validation loss", sum(valid_losses) / len(valid_losses))


# %% wrong="Trainer: clips each parameter for itself; breaks: limit the norm of all gradients together, seen with two parameters and a small clip"
class Trainer:
    def __init__(self, max_epochs: int, board, clip: float | None = None):
        self.max_epochs, self.board, self.clip = max_epochs, board, clip

    def fit(self, model, data) -> None:
        opt = model.configure_optimizers()
        for _ in range(self.max_epochs):
            model.train()
            train_losses, valid_losses = [], []
            for batch in data.train_dataloader():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                if self.clip is not None:
                    for p in model.parameters():
                        nn.utils.clip_grad_norm_(p, self.clip)
                opt.step()
                train_losses.append(loss.item())
            model.eval()
            with torch.no_grad():
                for batch in data.val_dataloader():
                    valid_losses.append(model.validation_step(batch).item())
            self.board.add("training loss", sum(train_losses) / len(train_losses))
            self.board.add("validation loss", sum(valid_losses) / len(valid_losses))


# %% wrong="Trainer: a new optimiser in every epoch; breaks: configure_optimizers is an optimiser made once, seen with momentum and two epochs"
class Trainer:
    def __init__(self, max_epochs: int, board, clip: float | None = None):
        self.max_epochs, self.board, self.clip = max_epochs, board, clip

    def fit(self, model, data) -> None:
        for _ in range(self.max_epochs):
            opt = model.configure_optimizers()
            model.train()
            train_losses, valid_losses = [], []
            for batch in data.train_dataloader():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                if self.clip is not None:
                    nn.utils.clip_grad_norm_(model.parameters(), self.clip)
                opt.step()
                train_losses.append(loss.item())
            model.eval()
            with torch.no_grad():
                for batch in data.val_dataloader():
                    valid_losses.append(model.validation_step(batch).item())
            self.board.add("training loss", sum(train_losses) / len(train_losses))
            self.board.add("validation loss", sum(valid_losses) / len(valid_losses))


# %% wrong="Trainer: validates in evaluation mode, but with the graph recorded; breaks: without recording gradients, seen with torch.is_grad_enabled() in validation_step"
class Trainer:
    def __init__(self, max_epochs: int, board, clip: float | None = None):
        self.max_epochs, self.board, self.clip = max_epochs, board, clip

    def fit(self, model, data) -> None:
        opt = model.configure_optimizers()
        for _ in range(self.max_epochs):
            model.train()
            train_losses, valid_losses = [], []
            for batch in data.train_dataloader():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                if self.clip is not None:
                    nn.utils.clip_grad_norm_(model.parameters(), self.clip)
                opt.step()
                train_losses.append(loss.item())
            model.eval()
            for batch in data.val_dataloader():
                valid_losses.append(model.validation_step(batch).item())
            self.board.add("training loss", sum(train_losses) / len(train_losses))
            self.board.add("validation loss", sum(valid_losses) / len(valid_losses))


# %% right="Momentum: memory.get as in the hint"
class Momentum(Optimiser):
    """SGD with momentum, Nesterov's if asked for."""

    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        """Changes p in place, and the velocity in its memory."""
        velocity = self.momentum * memory.get("velocity", 0) + g
        memory["velocity"] = velocity
        p -= self.lr * (g + self.momentum * velocity if self.nesterov else velocity)


# %% right="Momentum: a buffer of zeros changed in place, add_ with alpha"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        if "velocity" not in memory:
            memory["velocity"] = torch.zeros_like(p)
        v = memory["velocity"]
        v.mul_(self.momentum).add_(g)
        if self.nesterov:
            p.add_(g, alpha=-self.lr)
            p.add_(v, alpha=-self.lr * self.momentum)
        else:
            p.add_(v, alpha=-self.lr)


# %% right="Momentum: another key, the Nesterov step as the velocity looked up once more through a helper"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def faded(self, v, g):
        return torch.add(g, v, alpha=self.momentum)

    def update(self, p, g, memory):
        try:
            old = memory["ball"]
        except KeyError:
            old = torch.zeros_like(g)
        new = self.faded(old, g)
        memory.update(ball=new)
        way = self.faded(new, g) if self.nesterov else new
        p.copy_(p - self.lr * way)


# %% wrong="Momentum: the learning rate goes into the velocity; breaks: v = mu v + g, p = p - eta v, where the rate may change between steps, seen with rates 0.1 then 0.01"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        v = self.momentum * memory.get("velocity", 0) + self.lr * g
        memory["velocity"] = v
        if self.nesterov:
            p -= self.lr * g + self.momentum * v
        else:
            p -= v


# %% wrong="Momentum: Nesterov uses the old velocity; breaks: moves by g + mu v with the new v, seen with nesterov=True at the first step"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        old = memory.get("velocity", 0)
        memory["velocity"] = self.momentum * old + g
        if self.nesterov:
            p -= self.lr * (g + self.momentum * old)
        else:
            p -= self.lr * memory["velocity"]


# %% wrong="Momentum: Nesterov moves by v + mu v instead of g + mu v; breaks: moves by g + mu v with the new v, seen with nesterov=True at the second step"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        v = memory.get("velocity", 0) * self.momentum + g
        memory["velocity"] = v
        if self.nesterov:
            v = v + self.momentum * v
        p -= self.lr * v


# %% wrong="Momentum: the velocity is kept on the optimiser, one for all parameters; breaks: keep the velocity in memory, seen with two parameters"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False
    velocity = 0

    def update(self, p, g, memory):
        self.velocity = self.momentum * self.velocity + g
        if self.nesterov:
            p -= self.lr * (g + self.momentum * self.velocity)
        else:
            p -= self.lr * self.velocity


# %% wrong="Momentum: the first gradient itself becomes the velocity and is then changed in place; breaks: changes p and memory in place and no other input, seen when update meets the same gradient tensor twice (zero_grad that keeps the tensor): g is changed"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        if "velocity" not in memory:
            memory["velocity"] = g
        else:
            memory["velocity"].mul_(self.momentum).add_(g)
        v = memory["velocity"]
        p -= self.lr * (g + self.momentum * v if self.nesterov else v)


# %% right="RMSProp: blanks filled"
class AdaGrad(Optimiser):
    """Divides by the root of the sum of all squared gradients so far."""

    eps = 1e-10

    def update(self, p, g, memory):
        """Changes p in place, and the sum in its memory."""
        memory["s"] = memory.get("s", 0) + g**2
        p -= self.lr * g / (memory["s"].sqrt() + self.eps)


class RMSProp(Optimiser):
    """Divides by the root of a moving average of the squared gradients."""

    alpha = 0.99
    eps = 1e-8

    def update(self, p, g, memory):
        """Changes p in place, and the average in its memory."""
        memory["s"] = self.alpha * memory.get("s", 0) + (1 - self.alpha) * g**2
        p -= self.lr * g / (memory["s"].sqrt() + self.eps)


# %% right="RMSProp: buffers of zeros, addcmul_ and addcdiv_ in place"
class AdaGrad(Optimiser):
    eps = 1e-10

    def update(self, p, g, memory):
        s = memory.setdefault("s", torch.zeros_like(p))
        s.addcmul_(g, g)
        p.addcdiv_(g, s.sqrt().add_(self.eps), value=-self.lr)


class RMSProp(Optimiser):
    alpha = 0.99
    eps = 1e-8

    def update(self, p, g, memory):
        s = memory.setdefault("s", torch.zeros_like(p))
        s.mul_(self.alpha).addcmul_(g, g, value=1 - self.alpha)
        p.addcdiv_(g, s.sqrt().add_(self.eps), value=-self.lr)


# %% right="RMSProp: a common parent class, lerp for the moving average"
class Paced(Optimiser):
    def measured(self, old, squares):
        raise NotImplementedError("each child has its own")

    def update(self, p, g, memory):
        squares = g.square()
        memory["s"] = self.measured(memory.get("s", torch.zeros_like(g)), squares)
        pace = memory["s"].pow(0.5) + self.eps
        p.sub_(g.div(pace).mul(self.lr))


class AdaGrad(Paced):
    eps = 1e-10

    def measured(self, old, squares):
        return old + squares


class RMSProp(Paced):
    alpha = 0.99
    eps = 1e-8

    def measured(self, old, squares):
        return torch.lerp(old, squares, 1 - self.alpha)


# %% wrong="RMSProp: epsilon inside the root; breaks: p - eta g / (sqrt(s) + eps), seen with eps=0.1 or gradients of 1e-5"
class AdaGrad(Optimiser):
    eps = 1e-10

    def update(self, p, g, memory):
        memory["s"] = memory.get("s", 0) + g**2
        p -= self.lr * g / (memory["s"] + self.eps).sqrt()


class RMSProp(Optimiser):
    alpha = 0.99
    eps = 1e-8

    def update(self, p, g, memory):
        memory["s"] = self.alpha * memory.get("s", 0) + (1 - self.alpha) * g**2
        p -= self.lr * g / (memory["s"] + self.eps).sqrt()


# %% wrong="RMSProp: AdaGrad sums the squares of the whole tensor; breaks: everything is done element by element, seen with a parameter of two numbers"
class AdaGrad(Optimiser):
    eps = 1e-10

    def update(self, p, g, memory):
        memory["s"] = memory.get("s", 0) + (g**2).sum()
        p -= self.lr * g / (memory["s"].sqrt() + self.eps)


class RMSProp(Optimiser):
    alpha = 0.99
    eps = 1e-8

    def update(self, p, g, memory):
        memory["s"] = self.alpha * memory.get("s", 0) + (1 - self.alpha) * g**2
        p -= self.lr * g / (memory["s"].sqrt() + self.eps)


# %% wrong="RMSProp: the average is kept on the optimiser, one for all parameters; breaks: changes p in place, and the average in its memory, seen with two parameters"
class AdaGrad(Optimiser):
    eps = 1e-10

    def update(self, p, g, memory):
        memory["s"] = memory.get("s", 0) + g**2
        p -= self.lr * g / (memory["s"].sqrt() + self.eps)


class RMSProp(Optimiser):
    alpha = 0.99
    eps = 1e-8
    s = 0

    def update(self, p, g, memory):
        self.s = self.alpha * self.s + (1 - self.alpha) * g**2
        p -= self.lr * g / (self.s.sqrt() + self.eps)


# %% wrong="RMSProp: parentheses forgotten, epsilon is added to the quotient; breaks: p - eta g / (sqrt(s) + eps), seen with a gradient of 0 at the first step: nan"
class AdaGrad(Optimiser):
    eps = 1e-10

    def update(self, p, g, memory):
        memory["s"] = memory.get("s", 0) + g**2
        p -= self.lr * (g / memory["s"].sqrt() + self.eps)


class RMSProp(Optimiser):
    alpha = 0.99
    eps = 1e-8

    def update(self, p, g, memory):
        memory["s"] = self.alpha * memory.get("s", 0) + (1 - self.alpha) * g**2
        p -= self.lr * (g / memory["s"].sqrt() + self.eps)


# %% wrong="RMSProp: squares the gradient in place and takes its root again; breaks: changes p and memory in place and no other input, seen with any g (and the sign is lost: steps always go down)"
class AdaGrad(Optimiser):
    eps = 1e-10

    def update(self, p, g, memory):
        memory["s"] = memory.get("s", 0) + g.pow_(2)
        p -= self.lr * g.sqrt() / (memory["s"].sqrt() + self.eps)


class RMSProp(Optimiser):
    alpha = 0.99
    eps = 1e-8

    def update(self, p, g, memory):
        memory["s"] = self.alpha * memory.get("s", 0) + (1 - self.alpha) * g.pow_(2)
        p -= self.lr * g.sqrt() / (memory["s"].sqrt() + self.eps)


# %% right="Adam: the formulas line by line"
class Adam(Optimiser):
    """Adam with bias correction; AdamW when there is weight decay."""

    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0

    def update(self, p, g, memory):
        """Changes p in place, and m, v and t in its memory."""
        b1, b2 = self.betas
        memory["t"] = t = memory.get("t", 0) + 1
        memory["m"] = b1 * memory.get("m", 0) + (1 - b1) * g
        memory["v"] = b2 * memory.get("v", 0) + (1 - b2) * g**2
        m_hat = memory["m"] / (1 - b1**t)
        v_hat = memory["v"] / (1 - b2**t)
        p *= 1 - self.lr * self.weight_decay
        p -= self.lr * m_hat / (v_hat.sqrt() + self.eps)


# %% right="Adam: buffers changed in place, corrections moved into step size and denominator"
class Adam(Optimiser):
    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0

    def update(self, p, g, memory):
        if not memory:
            memory.update(t=0, m=torch.zeros_like(p), v=torch.zeros_like(p))
        memory["t"] += 1
        real_m, real_v = (1 - beta ** memory["t"] for beta in self.betas)
        memory["m"].lerp_(g, 1 - self.betas[0])
        memory["v"].mul_(self.betas[1]).addcmul_(g, g, value=1 - self.betas[1])
        pace = memory["v"].sqrt().div_(math.sqrt(real_v)).add_(self.eps)
        if self.weight_decay != 0:
            p.mul_(1 - self.lr * self.weight_decay)
        p.addcdiv_(memory["m"], pace, value=-self.lr / real_m)


# %% right="Adam: a helper keeps and corrects each average, one assignment p.copy_ at the end"
class Adam(Optimiser):
    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0

    @staticmethod
    def corrected(memory, name, value, beta):
        old = memory.get(name)
        memory[name] = (1 - beta) * value if old is None else beta * old + (1 - beta) * value
        return memory[name] / (1 - beta ** memory["t"])

    def update(self, p, g, memory):
        memory["t"] = 1 + memory.get("t", 0)
        direction = self.corrected(memory, "m", g, self.betas[0])
        pace = self.corrected(memory, "v", g * g, self.betas[1]).sqrt() + self.eps
        p.copy_(p - self.lr * self.weight_decay * p - self.lr * direction / pace)


# %% wrong="Adam: the corrected averages are kept in the memory; breaks: m and v follow m = b1 m + (1 - b1) g with the hats only for the step (hint: m and v stay uncorrected), seen at the second step with different gradients"
class Adam(Optimiser):
    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0

    def update(self, p, g, memory):
        b1, b2 = self.betas
        t = memory.get("t", 0) + 1
        m = (b1 * memory.get("m", 0) + (1 - b1) * g) / (1 - b1**t)
        v = (b2 * memory.get("v", 0) + (1 - b2) * g**2) / (1 - b2**t)
        memory["t"], memory["m"], memory["v"] = t, m, v
        p *= 1 - self.lr * self.weight_decay
        p -= self.lr * m / (v.sqrt() + self.eps)


# %% wrong="Adam: decays after the step; breaks: AdamW shrinks every weight a little before the step above, seen with weight_decay=0.5 and gradients other than 0"
class Adam(Optimiser):
    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0

    def update(self, p, g, memory):
        b1, b2 = self.betas
        memory["t"] = t = memory.get("t", 0) + 1
        memory["m"] = b1 * memory.get("m", 0) + (1 - b1) * g
        memory["v"] = b2 * memory.get("v", 0) + (1 - b2) * g**2
        p -= self.lr * (memory["m"] / (1 - b1**t)) / ((memory["v"] / (1 - b2**t)).sqrt() + self.eps)
        p *= 1 - self.lr * self.weight_decay


# %% wrong="Adam: counts the steps on the optimiser; breaks: count the steps t of each parameter in its own memory, seen with two parameters or one without a gradient at times"
class Adam(Optimiser):
    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0
    t = 0

    def update(self, p, g, memory):
        b1, b2 = self.betas
        self.t += 1
        memory["m"] = b1 * memory.get("m", 0) + (1 - b1) * g
        memory["v"] = b2 * memory.get("v", 0) + (1 - b2) * g**2
        m_hat = memory["m"] / (1 - b1**self.t)
        v_hat = memory["v"] / (1 - b2**self.t)
        p *= 1 - self.lr * self.weight_decay
        p -= self.lr * m_hat / (v_hat.sqrt() + self.eps)


# %% wrong="Adam: epsilon inside the root; breaks: p - eta m / (sqrt(v) + eps), seen with eps=0.1 or gradients of 1e-5"
class Adam(Optimiser):
    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0

    def update(self, p, g, memory):
        b1, b2 = self.betas
        memory["t"] = t = memory.get("t", 0) + 1
        memory["m"] = b1 * memory.get("m", 0) + (1 - b1) * g
        memory["v"] = b2 * memory.get("v", 0) + (1 - b2) * g**2
        m_hat = memory["m"] / (1 - b1**t)
        v_hat = memory["v"] / (1 - b2**t)
        p *= 1 - self.lr * self.weight_decay
        p -= self.lr * m_hat / (v_hat + self.eps).sqrt()


# %% wrong="Adam: the usual betas are written into the code; breaks: the settings are self.betas, seen with betas=(0.5, 0.9) at the second step"
class Adam(Optimiser):
    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0

    def update(self, p, g, memory):
        memory["t"] = t = memory.get("t", 0) + 1
        memory["m"] = 0.9 * memory.get("m", 0) + 0.1 * g
        memory["v"] = 0.999 * memory.get("v", 0) + 0.001 * g**2
        m_hat = memory["m"] / (1 - 0.9**t)
        v_hat = memory["v"] / (1 - 0.999**t)
        p *= 1 - self.lr * self.weight_decay
        p -= self.lr * m_hat / (v_hat.sqrt() + self.eps)


# %% right="decay_groups: two comprehensions over the parameters that learn"
def decay_groups(model: nn.Module, weight_decay: float) -> list[dict]:
    """Two parameter groups: tensors with two or more axes decay, the others do not."""
    learning = [p for p in model.parameters() if p.requires_grad]
    return [
        {"params": [p for p in learning if p.ndim >= 2], "weight_decay": weight_decay},
        {"params": [p for p in learning if p.ndim < 2], "weight_decay": 0.0},
    ]


# %% right="decay_groups: one loop that sorts into two prepared groups by a bool index"
def decay_groups(model: nn.Module, weight_decay: float) -> list[dict]:
    groups = [dict(params=[], weight_decay=decay) for decay in (weight_decay, 0)]
    for _, p in model.named_parameters():
        if not p.requires_grad:
            continue
        groups[len(p.shape) <= 1]["params"].append(p)
    return groups


# %% right="decay_groups: walks through the modules, tells known parameters by their id, filter functions"
def own_parameters(model):
    known = set()
    for module in model.modules():
        for p in module.parameters(recurse=False):
            if id(p) not in known:
                known.add(id(p))
                yield p


def decay_groups(model: nn.Module, weight_decay: float) -> list[dict]:
    def is_matrix(p):
        return p.dim() > 1

    trained = list(filter(lambda p: p.requires_grad, own_parameters(model)))
    matrices = list(filter(is_matrix, trained))
    return [
        {"weight_decay": weight_decay, "params": matrices},
        {"weight_decay": 0.0, "params": list(itertools.filterfalse(is_matrix, trained))},
    ]


# %% wrong="decay_groups: spares what is called bias; breaks: first those with two or more axes, then the others, seen with the weight of a BatchNorm or LayerNorm, which decays"
def decay_groups(model: nn.Module, weight_decay: float) -> list[dict]:
    decay, spared = [], []
    for name, p in model.named_parameters():
        if not p.requires_grad:
            continue
        (spared if name.endswith("bias") else decay).append(p)
    return [{"params": decay, "weight_decay": weight_decay}, {"params": spared, "weight_decay": 0.0}]


# %% wrong="decay_groups: frozen parameters are taken too; breaks: frozen parameters belong to neither, seen with requires_grad_(False) for one weight"
def decay_groups(model: nn.Module, weight_decay: float) -> list[dict]:
    params = list(model.parameters())
    return [
        {"params": [p for p in params if p.ndim >= 2], "weight_decay": weight_decay},
        {"params": [p for p in params if p.ndim < 2], "weight_decay": 0.0},
    ]


# %% wrong="decay_groups: only matrices of exactly two axes decay; breaks: two or more axes (and filters of convolutions), seen with nn.Conv1d"
def decay_groups(model: nn.Module, weight_decay: float) -> list[dict]:
    params = [p for p in model.parameters() if p.requires_grad]
    return [
        {"params": [p for p in params if p.ndim == 2], "weight_decay": weight_decay},
        {"params": [p for p in params if p.ndim != 2], "weight_decay": 0.0},
    ]


# %% wrong="decay_groups: the second group takes one axis only, so numbers without an axis get lost; breaks: two groups for all the parameters that require a gradient, seen with nn.Parameter(torch.tensor(1.0))"
def decay_groups(model: nn.Module, weight_decay: float) -> list[dict]:
    params = [p for p in model.parameters() if p.requires_grad]
    return [
        {"params": [p for p in params if p.ndim >= 2], "weight_decay": weight_decay},
        {"params": [p for p in params if p.ndim == 1], "weight_decay": 0.0},
    ]


# %% wrong="decay_groups: leaves an empty group out; breaks: return two groups, seen with a layer without bias: one group only"
def decay_groups(model: nn.Module, weight_decay: float) -> list[dict]:
    params = [p for p in model.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in params if p.ndim >= 2], "weight_decay": weight_decay},
        {"params": [p for p in params if p.ndim < 2], "weight_decay": 0.0},
    ]
    return [group for group in groups if group["params"]]


# %% right="schedules: closed formulas, cosine_rate called twice"
def step_rate(t: int, lr: float, size: int, gamma: float) -> float:
    """Falls in stairs."""
    return lr * gamma ** (t // size)


def exponential_rate(t: int, lr: float, gamma: float) -> float:
    """Falls by the same share at every step."""
    return lr * gamma**t


def cosine_rate(t: float, lr: float, total: float, lowest: float = 0.0) -> float:
    """Goes from lr to lowest along half a wave."""
    return lowest + (lr - lowest) * (1 + math.cos(math.pi * t / total)) / 2


def one_cycle_rate(t: int, top: float, total: int) -> float:
    """Warms up to the top, then falls to almost nothing."""
    peak = 0.3 * total - 1
    if t <= peak:
        return cosine_rate(t, top / 25, peak, top)
    return cosine_rate(t - peak, top, total - 1 - peak, top / 250_000)


# %% right="schedules: stairs by a loop, squared cosine of half the angle, falling wave counted from the last step"
def step_rate(t: int, lr: float, size: int, gamma: float) -> float:
    rate = lr
    for step in range(1, t + 1):
        if step % size == 0:
            rate *= gamma
    return rate


def exponential_rate(t: int, lr: float, gamma: float) -> float:
    return step_rate(t, lr, 1, gamma)


def cosine_rate(t: float, lr: float, total: float, lowest: float = 0.0) -> float:
    share = math.cos(math.pi / 2 * t / total) ** 2
    return share * lr + (1 - share) * lowest


def one_cycle_rate(t: int, top: float, total: int) -> float:
    last, turn = total - 1, 0.3 * total - 1
    if t < turn:
        return cosine_rate(turn - t, top, turn, top / 25)
    return cosine_rate(last - t, top / 250_000, last - turn, top)


# %% right="schedules: math.prod of factors, a shared half_wave helper between two values, divmod"
def half_wave(share, begin, end):
    return begin + (end - begin) * (1 - math.cos(share * math.pi)) * 0.5


def step_rate(t: int, lr: float, size: int, gamma: float) -> float:
    stairs, _ = divmod(t, size)
    return math.prod([gamma] * stairs, start=lr)


def exponential_rate(t: int, lr: float, gamma: float) -> float:
    return math.prod(itertools.repeat(gamma, t), start=lr)


def cosine_rate(t: float, lr: float, total: float, lowest: float = 0.0) -> float:
    return half_wave(t / total, lr, lowest)


def one_cycle_rate(t: int, top: float, total: int) -> float:
    warm = 0.3 * total - 1
    if t > warm:
        return half_wave((t - warm) / (total - 1 - warm), top, top / 250_000)
    return half_wave(t / warm, top / 25, top)


# %% wrong="schedules: the top of the cycle stands at step 0.3 total; breaks: to top at step 0.3 total - 1, seen with one_cycle_rate(2, 1.0, 10)"
def step_rate(t: int, lr: float, size: int, gamma: float) -> float:
    return lr * gamma ** (t // size)


def exponential_rate(t: int, lr: float, gamma: float) -> float:
    return lr * gamma**t


def cosine_rate(t: float, lr: float, total: float, lowest: float = 0.0) -> float:
    return lowest + (lr - lowest) * (1 + math.cos(math.pi * t / total)) / 2


def one_cycle_rate(t: int, top: float, total: int) -> float:
    peak = 0.3 * total
    if t <= peak:
        return cosine_rate(t, top / 25, peak, top)
    return cosine_rate(t - peak, top, total - 1 - peak, top / 250_000)


# %% wrong="schedules: the top's step is cut to a whole number; breaks: step 0.3 total - 1 (not always a whole number), seen with one_cycle_rate(2, 1.0, 12), top at 2.6"
def step_rate(t: int, lr: float, size: int, gamma: float) -> float:
    return lr * gamma ** (t // size)


def exponential_rate(t: int, lr: float, gamma: float) -> float:
    return lr * gamma**t


def cosine_rate(t: float, lr: float, total: float, lowest: float = 0.0) -> float:
    return lowest + (lr - lowest) * (1 + math.cos(math.pi * t / total)) / 2


def one_cycle_rate(t: int, top: float, total: int) -> float:
    peak = int(0.3 * total - 1)
    if t <= peak:
        return cosine_rate(t, top / 25, peak, top)
    return cosine_rate(t - peak, top, total - 1 - peak, top / 250_000)


# %% wrong="schedules: the falling wave ends one step late; breaks: top / 250_000 at the last step, which has number total - 1, seen with one_cycle_rate(9, 1.0, 10)"
def step_rate(t: int, lr: float, size: int, gamma: float) -> float:
    return lr * gamma ** (t // size)


def exponential_rate(t: int, lr: float, gamma: float) -> float:
    return lr * gamma**t


def cosine_rate(t: float, lr: float, total: float, lowest: float = 0.0) -> float:
    return lowest + (lr - lowest) * (1 + math.cos(math.pi * t / total)) / 2


def one_cycle_rate(t: int, top: float, total: int) -> float:
    peak = 0.3 * total - 1
    if t <= peak:
        return cosine_rate(t, top / 25, peak, top)
    return cosine_rate(t - peak, top, total - peak, top / 250_000)


# %% wrong="schedules: warms up along a straight line; breaks: rises along half a cosine wave, seen with one_cycle_rate(1, 1.0, 20)"
def step_rate(t: int, lr: float, size: int, gamma: float) -> float:
    return lr * gamma ** (t // size)


def exponential_rate(t: int, lr: float, gamma: float) -> float:
    return lr * gamma**t


def cosine_rate(t: float, lr: float, total: float, lowest: float = 0.0) -> float:
    return lowest + (lr - lowest) * (1 + math.cos(math.pi * t / total)) / 2


def one_cycle_rate(t: int, top: float, total: int) -> float:
    peak = 0.3 * total - 1
    if t <= peak:
        return top / 25 + (top - top / 25) * t / peak
    return cosine_rate(t - peak, top, total - 1 - peak, top / 250_000)


# %% wrong="schedules: cosine_rate never goes above lr; breaks: it works for any size (a wave that rises), seen with cosine_rate(3, 1.0, 6, 3.0) and in the warm-up of the cycle"
def step_rate(t: int, lr: float, size: int, gamma: float) -> float:
    return lr * gamma ** (t // size)


def exponential_rate(t: int, lr: float, gamma: float) -> float:
    return lr * gamma**t


def cosine_rate(t: float, lr: float, total: float, lowest: float = 0.0) -> float:
    return min(lr, lowest + (lr - lowest) * (1 + math.cos(math.pi * t / total)) / 2)


def one_cycle_rate(t: int, top: float, total: int) -> float:
    peak = 0.3 * total - 1
    if t <= peak:
        return cosine_rate(t, top / 25, peak, top)
    return cosine_rate(t - peak, top, total - 1 - peak, top / 250_000)


# %% right="fit_on_schedule: blanks filled, rate noted before the batches"
def fit_on_schedule(model, loader, loss_func, lr: float, epochs: int) -> list[float]:
    """Trains in place; returns the learning rate of each epoch."""
    from torch.optim import SGD, lr_scheduler

    opt = SGD(model.parameters(), lr=lr, momentum=0.9)
    scheduler = lr_scheduler.StepLR(opt, step_size=3, gamma=0.5)
    rates = []
    for _ in range(epochs):
        rates.append(scheduler.get_last_lr()[0])
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
        scheduler.step()
    return rates


# %% right="fit_on_schedule: positional settings, rate read from the optimiser's group, helper for an epoch"
def fit_on_schedule(model, loader, loss_func, lr: float, epochs: int) -> list[float]:
    from torch.optim import SGD, lr_scheduler

    opt = SGD(model.parameters(), lr, 0.9)
    stairs = lr_scheduler.StepLR(opt, 3, 0.5)

    def one_epoch():
        rate = opt.param_groups[0]["lr"]
        for features, labels in loader:
            opt.zero_grad()
            loss_func(model(features), labels).backward()
            opt.step()
        stairs.step()
        return rate

    return [one_epoch() for _ in range(epochs)]


# %% right="fit_on_schedule: LambdaLR with own stairs, a generator of rates, closure in step"
def fit_on_schedule(model, loader, loss_func, lr: float, epochs: int) -> list[float]:
    opt = torch.optim.SGD([{"params": list(model.parameters())}], lr=lr, momentum=0.9)
    clock = torch.optim.lr_scheduler.LambdaLR(opt, lambda epoch: 0.5 ** (epoch // 3))

    def train():
        for _ in range(epochs):
            yield clock.get_last_lr()[0]
            for batch in loader:

                def closure(batch=batch):
                    opt.zero_grad()
                    loss = loss_func(model(batch[0]), batch[1])
                    loss.backward()
                    return loss

                opt.step(closure)
            clock.step()

    return list(train())


# %% wrong="fit_on_schedule: no momentum; breaks: train with SGD and a momentum of 0.9, seen with the weights after two batches"
def fit_on_schedule(model, loader, loss_func, lr: float, epochs: int) -> list[float]:
    from torch.optim import SGD, lr_scheduler

    opt = SGD(model.parameters(), lr=lr)
    scheduler = lr_scheduler.StepLR(opt, step_size=3, gamma=0.5)
    rates = []
    for _ in range(epochs):
        rates.append(scheduler.get_last_lr()[0])
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
        scheduler.step()
    return rates


# %% wrong="fit_on_schedule: gradients are cleared once an epoch only; breaks: train with SGD (a step with the gradient of each batch), seen with the weights after an epoch of two batches"
def fit_on_schedule(model, loader, loss_func, lr: float, epochs: int) -> list[float]:
    from torch.optim import SGD, lr_scheduler

    opt = SGD(model.parameters(), lr=lr, momentum=0.9)
    scheduler = lr_scheduler.StepLR(opt, step_size=3, gamma=0.5)
    rates = []
    for _ in range(epochs):
        rates.append(scheduler.get_last_lr()[0])
        opt.zero_grad()
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            loss.backward()
            opt.step()
        scheduler.step()
    return rates


# %% wrong="fit_on_schedule: the scheduler ticks before the batches of an epoch; breaks: the rate that each epoch was trained with (the optimiser goes first), seen with three epochs: the third is trained with half of the rate that is returned"
def fit_on_schedule(model, loader, loss_func, lr: float, epochs: int) -> list[float]:
    from torch.optim import SGD, lr_scheduler

    opt = SGD(model.parameters(), lr=lr, momentum=0.9)
    scheduler = lr_scheduler.StepLR(opt, step_size=3, gamma=0.5)
    rates = []
    for _ in range(epochs):
        rates.append(scheduler.get_last_lr()[0])
        scheduler.step()
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
    return rates


# %% wrong="fit_on_schedule: a new optimiser in every epoch, so that the velocity starts at zero again; breaks: train with SGD and a momentum of 0.9, seen with the weights after two epochs"
def fit_on_schedule(model, loader, loss_func, lr: float, epochs: int) -> list[float]:
    from torch.optim import SGD

    rates = []
    for epoch in range(epochs):
        rate = lr * 0.5 ** (epoch // 3)
        opt = SGD(model.parameters(), lr=rate, momentum=0.9)
        rates.append(rate)
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
    return rates


# %% wrong="fit_on_schedule: only the first batch of each epoch is trained on (the scheduler and a break stand in the inner loop); breaks: opt.step() after every batch, seen with the weights after an epoch of two batches"
def fit_on_schedule(model, loader, loss_func, lr: float, epochs: int) -> list[float]:
    from torch.optim import SGD, lr_scheduler

    opt = SGD(model.parameters(), lr=lr, momentum=0.9)
    scheduler = lr_scheduler.StepLR(opt, step_size=3, gamma=0.5)
    rates = []
    for _ in range(epochs):
        rates.append(scheduler.get_last_lr()[0])
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            scheduler.step()
            break
    return rates


# %% right="batch_noise: the law as it stands, once more"
def batch_noise(gradients: torch.Tensor, size: int) -> float:
    """The expected squared distance of a batch's mean from the mean of all: (n, parameters) in, a number out."""
    n = len(gradients)
    spread = ((gradients - gradients.mean(dim=0)) ** 2).sum() / (n - 1)
    return (spread * (1 - size / n) / size).item()


# %% right="batch_noise: unbiased variances added up"
def batch_noise(gradients: torch.Tensor, size: int) -> float:
    n, _ = gradients.shape
    return float(gradients.var(dim=0, correction=1).sum()) * (1 / size - 1 / n)


# %% right="batch_noise: from the squared distances of all pairs, in double precision, without the mean"
def batch_noise(gradients: torch.Tensor, size: int) -> float:
    n = gradients.shape[0]
    pairs = (torch.linalg.vector_norm(a - b).item() ** 2 for a, b in itertools.combinations(gradients.double(), 2))
    return sum(pairs) / n / (n - 1) * (n - size) / (n * size)


# %% wrong="batch_noise: averages over the parameters instead of adding up; breaks: the squared distance is the sum over all parameters (norm squared), seen with two columns"
def batch_noise(gradients: torch.Tensor, size: int) -> float:
    n = len(gradients)
    return (gradients.var(dim=0).mean() * (1 - size / n) / size).item()


# %% wrong="batch_noise: n is the number of all entries; breaks: gradients has one row for each row of the data (n rows), seen with two columns"
def batch_noise(gradients: torch.Tensor, size: int) -> float:
    n = gradients.numel()
    spread = (gradients - gradients.mean(0)).square().sum() / (n - 1)
    return (spread * (1 - size / n) / size).item()


# %% wrong="batch_noise: divides by the batch size twice instead of by n - 1; breaks: the law with 1 / (n - 1), seen with five rows and batches of two"
def batch_noise(gradients: torch.Tensor, size: int) -> float:
    n = len(gradients)
    spread = (gradients - gradients.mean(0)).square().sum() / size
    return (spread * (1 - size / n) / size).item()


# %% wrong="batch_noise: 1/n stands where 1 - B/n should; breaks: the law with the factor 1 - B/n, seen with five rows and batches of two"
def batch_noise(gradients: torch.Tensor, size: int) -> float:
    n = len(gradients)
    spread = (gradients - gradients.mean(0)).square().sum() / (n - 1)
    return (spread / size / n).item()


# %% wrong="batch_noise: centres the gradients in place; breaks: it leaves its inputs unchanged, seen with any gradients whose mean is not 0"
def batch_noise(gradients: torch.Tensor, size: int) -> float:
    n = len(gradients)
    gradients -= gradients.mean(0)
    return (gradients.square().sum() / (n - 1) * (1 - size / n) / size).item()


# %% right="train_model: blanks filled, evaluate with the hints of the text"
def train_model(model, loader, epochs: int, lr: float) -> list[float]:
    """Trains in place with Adam; returns the mean loss of each epoch over its rows."""
    loss_func = nn.CrossEntropyLoss()
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    for _ in tqdm(range(epochs)):
        model.train()
        total = 0.0
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(xb)
        history.append(total / len(loader.dataset))
    return history


def evaluate(model, loader) -> tuple[float, float]:
    """The mean cross-entropy and the accuracy over all rows of the loader."""
    total, right = 0.0, 0
    model.eval()
    with torch.no_grad():
        for xb, yb in loader:
            scores = model(xb)
            total += F.cross_entropy(scores, yb).item() * len(xb)
            right += (scores.argmax(dim=1) == yb).sum().item()
    rows = len(loader.dataset)
    return total / rows, right / rows


# %% right="train_model: the bar updated by hand, rows counted while going, summed losses, evaluate on all scores at once"
def train_model(model, loader, epochs: int, lr: float) -> list[float]:
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    with tqdm(total=epochs) as bar:
        for _ in range(epochs):
            model.train()
            total, rows = 0.0, 0
            for xb, yb in loader:
                opt.zero_grad()
                summed = F.cross_entropy(model(xb), yb, reduction="sum")
                (summed / len(yb)).backward()
                opt.step()
                total, rows = total + summed.item(), rows + len(yb)
            history.append(total / rows)
            bar.update()
    return history


@torch.no_grad()
def evaluate(model, loader) -> tuple[float, float]:
    model.eval()
    scores, labels = (torch.cat(part) for part in zip(*((model(xb), yb) for xb, yb in loader), strict=True))
    loss = F.cross_entropy(scores, labels)
    accuracy = (scores.max(1).indices == labels).double().mean()
    return loss.item(), accuracy.item()


# %% right="train_model: weighted mean of a list of pairs at the end of the epoch, evaluate by log_softmax and gather in inference mode"
def mean_of(pairs):
    values, weights = zip(*pairs, strict=True)
    return sum(value * weight for value, weight in pairs) / sum(weights)


def train_model(model, loader, epochs: int, lr: float) -> list[float]:
    criterion, optimiser = nn.CrossEntropyLoss(), torch.optim.Adam(model.parameters(), lr)

    def one_epoch():
        model.train(True)
        for xb, yb in loader:
            loss = criterion(model(xb), yb)
            loss.backward()
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            yield loss.item(), yb.shape[0]

    optimiser.zero_grad()
    return [mean_of(list(one_epoch())) for _ in tqdm(range(epochs), total=epochs, leave=False)]


def evaluate(model, loader) -> tuple[float, float]:
    model.train(False)
    losses, hits = [], []
    with torch.inference_mode():
        for xb, yb in loader:
            logs = model(xb).log_softmax(dim=-1)
            losses += (-logs.gather(1, yb[:, None])[:, 0]).tolist()
            hits += logs.argmax(-1).eq(yb).tolist()
    return sum(losses) / len(losses), sum(hits) / len(hits)


# %% wrong="train_model: mean over the batches; breaks: mean loss of every epoch over all rows (the last batch may be smaller), seen with 6 rows in batches of 4"
def train_model(model, loader, epochs: int, lr: float) -> list[float]:
    loss_func = nn.CrossEntropyLoss()
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    for _ in tqdm(range(epochs)):
        model.train()
        total = 0.0
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item()
        history.append(total / len(loader))
    return history


def evaluate(model, loader) -> tuple[float, float]:
    total, right = 0.0, 0
    model.eval()
    with torch.no_grad():
        for xb, yb in loader:
            scores = model(xb)
            total += F.cross_entropy(scores, yb).item() * len(xb)
            right += (scores.argmax(dim=1) == yb).sum().item()
    rows = len(loader.dataset)
    return total / rows, right / rows


# %% wrong="train_model: each batch weighs as much as the loader's batch size, the last one too; breaks: mean loss over all rows (the last batch may be smaller), seen with 6 rows in batches of 4 in evaluate"
def train_model(model, loader, epochs: int, lr: float) -> list[float]:
    loss_func = nn.CrossEntropyLoss()
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    for _ in tqdm(range(epochs)):
        model.train()
        total = 0.0
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(xb)
        history.append(total / len(loader.dataset))
    return history


def evaluate(model, loader) -> tuple[float, float]:
    total, right = 0.0, 0
    model.eval()
    with torch.no_grad():
        for xb, yb in loader:
            scores = model(xb)
            total += F.cross_entropy(scores, yb).item() * loader.batch_size
            right += (scores.argmax(dim=1) == yb).sum().item()
    rows = len(loader.dataset)
    return total / rows, right / rows


# %% wrong="train_model: evaluate does not switch modes; breaks: in evaluation mode, seen with a model with dropout or a forward hook that looks at model.training"
def train_model(model, loader, epochs: int, lr: float) -> list[float]:
    loss_func = nn.CrossEntropyLoss()
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    for _ in tqdm(range(epochs)):
        model.train()
        total = 0.0
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(xb)
        history.append(total / len(loader.dataset))
    return history


def evaluate(model, loader) -> tuple[float, float]:
    total, right = 0.0, 0
    with torch.no_grad():
        for xb, yb in loader:
            scores = model(xb)
            total += F.cross_entropy(scores, yb).item() * len(xb)
            right += (scores.argmax(dim=1) == yb).sum().item()
    rows = len(loader.dataset)
    return total / rows, right / rows


# %% wrong="train_model: model.train without parentheses, which does nothing; breaks: the blank model.____ is there to train in training mode, seen with a model that comes from evaluate (in evaluation mode) and has dropout"
def train_model(model, loader, epochs: int, lr: float) -> list[float]:
    loss_func = nn.CrossEntropyLoss()
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    for _ in tqdm(range(epochs)):
        model.train
        total = 0.0
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(xb)
        history.append(total / len(loader.dataset))
    return history


def evaluate(model, loader) -> tuple[float, float]:
    total, right = 0.0, 0
    model.eval()
    with torch.no_grad():
        for xb, yb in loader:
            scores = model(xb)
            total += F.cross_entropy(scores, yb).item() * len(xb)
            right += (scores.argmax(dim=1) == yb).sum().item()
    rows = len(loader.dataset)
    return total / rows, right / rows


# %% wrong="train_model: the bar counts the batches; breaks: shows a bar with tqdm that counts the epochs, seen with 3 epochs of 2 batches: three bars that come to 2"
def train_model(model, loader, epochs: int, lr: float) -> list[float]:
    loss_func = nn.CrossEntropyLoss()
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    for _ in range(epochs):
        model.train()
        total = 0.0
        for xb, yb in tqdm(loader):
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(xb)
        history.append(total / len(loader.dataset))
    return history


def evaluate(model, loader) -> tuple[float, float]:
    total, right = 0.0, 0
    model.eval()
    with torch.no_grad():
        for xb, yb in loader:
            scores = model(xb)
            total += F.cross_entropy(scores, yb).item() * len(xb)
            right += (scores.argmax(dim=1) == yb).sum().item()
    rows = len(loader.dataset)
    return total / rows, right / rows


# %% right="logged_run: blanks filled, load in one line"
def logged_run(wandb, model, loader, loss_func, lr: float, epochs: int) -> None:
    """Trains in place with SGD and logs the run."""
    wandb.init(project="digits", config={"lr": lr, "epochs": epochs})
    wandb.watch(model, loss_func, log="all", log_freq=10)
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    for epoch in range(epochs):
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            wandb.log({"epoch": epoch, "loss": loss.item()})
    wandb.finish()


def save_weights(model: nn.Module, path: str) -> None:
    """Writes the state dict into a file."""
    torch.save(model.state_dict(), path)


def load_weights(model: nn.Module, path: str) -> nn.Module:
    """The same model with the weights from the file, in evaluation mode."""
    model.load_state_dict(torch.load(path))
    model.eval()
    return model


# %% right="logged_run: the run that init returns, as a context manager that finishes by itself, files opened by hand"
def logged_run(wandb, model, loader, loss_func, lr: float, epochs: int) -> None:
    opt = torch.optim.SGD(model.parameters(), lr)
    with wandb.init(project="digits", config=dict(lr=lr, epochs=epochs)) as run:
        run.watch(model, criterion=loss_func, log="all", log_freq=10)
        for epoch, (xb, yb) in ((epoch, batch) for epoch in range(epochs) for batch in loader):
            opt.zero_grad()
            loss = loss_func(model(xb), yb)
            loss.backward()
            opt.step()
            run.log(dict(epoch=epoch, loss=float(loss.detach())))


def save_weights(model: nn.Module, path: str) -> None:
    with open(path, "wb") as file:
        torch.save(model.state_dict(), file)


def load_weights(model: nn.Module, path: str) -> nn.Module:
    with open(path, "rb") as file:
        state = torch.load(file, weights_only=True)
    model.load_state_dict(state, strict=True)
    return model.eval()


# %% right="logged_run: settings as a dictionary used twice, try and finally, a copied state dict on the CPU, train(False)"
def logged_run(wandb, model, loader, loss_func, lr: float, epochs: int) -> None:
    settings = {"epochs": epochs, "lr": lr}
    wandb.init(config=settings, project="digits")
    try:
        wandb.watch(model, loss_func, "all", 10)
        opt = torch.optim.SGD(list(model.parameters()), lr=settings["lr"])
        for epoch in range(settings["epochs"]):
            for batch in loader:
                row = {"epoch": epoch}
                loss = loss_func(model(batch[0]), batch[1])
                row["loss"] = loss.item()
                opt.zero_grad()
                loss.backward()
                opt.step()
                wandb.log(row)
    finally:
        wandb.finish()


def save_weights(model: nn.Module, path: str) -> None:
    state = {name: tensor.detach().cpu().clone() for name, tensor in model.state_dict().items()}
    torch.save(state, path)


def load_weights(model: nn.Module, path: str) -> nn.Module:
    state = torch.load(path, map_location="cpu")
    model.load_state_dict(state)
    return model.train(False)


# %% wrong="logged_run: watches with the default frequency; breaks: log='all', every ten batches, seen with the arguments of watch: log_freq is 1000"
def logged_run(wandb, model, loader, loss_func, lr: float, epochs: int) -> None:
    wandb.init(project="digits", config={"lr": lr, "epochs": epochs})
    wandb.watch(model, loss_func, log="all")
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    for epoch in range(epochs):
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            wandb.log({"epoch": epoch, "loss": loss.item()})
    wandb.finish()


def save_weights(model: nn.Module, path: str) -> None:
    torch.save(model.state_dict(), path)


def load_weights(model: nn.Module, path: str) -> nn.Module:
    model.load_state_dict(torch.load(path))
    model.eval()
    return model


# %% wrong="logged_run: finish stands in the loop of the epochs; breaks: log the loss of each batch, and finish, seen with two epochs: the run is closed after the first and later rows come after it"
def logged_run(wandb, model, loader, loss_func, lr: float, epochs: int) -> None:
    wandb.init(project="digits", config={"lr": lr, "epochs": epochs})
    wandb.watch(model, loss_func, log="all", log_freq=10)
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    for epoch in range(epochs):
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            wandb.log({"epoch": epoch, "loss": loss.item()})
        wandb.finish()


def save_weights(model: nn.Module, path: str) -> None:
    torch.save(model.state_dict(), path)


def load_weights(model: nn.Module, path: str) -> nn.Module:
    model.load_state_dict(torch.load(path))
    model.eval()
    return model


# %% wrong="logged_run: the epochs are missing in the configuration; breaks: a dictionary with lr and epochs, seen with the config of init"
def logged_run(wandb, model, loader, loss_func, lr: float, epochs: int) -> None:
    wandb.init(project="digits", config={"lr": lr})
    wandb.watch(model, loss_func, log="all", log_freq=10)
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    for epoch in range(epochs):
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            wandb.log({"epoch": epoch, "loss": loss.item()})
    wandb.finish()


def save_weights(model: nn.Module, path: str) -> None:
    torch.save(model.state_dict(), path)


def load_weights(model: nn.Module, path: str) -> nn.Module:
    model.load_state_dict(torch.load(path))
    model.eval()
    return model


# %% wrong="logged_run: the whole model object is saved and returned when loading; breaks: writes the state dict into a file, and the same model with the weights from the file, seen with the type in the file and with the model that was handed in, which keeps its old weights"
def logged_run(wandb, model, loader, loss_func, lr: float, epochs: int) -> None:
    wandb.init(project="digits", config={"lr": lr, "epochs": epochs})
    wandb.watch(model, loss_func, log="all", log_freq=10)
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    for epoch in range(epochs):
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            wandb.log({"epoch": epoch, "loss": loss.item()})
    wandb.finish()


def save_weights(model: nn.Module, path: str) -> None:
    torch.save(model, path)


def load_weights(model: nn.Module, path: str) -> nn.Module:
    model = torch.load(path, weights_only=False)
    model.eval()
    return model


# %% wrong="logged_run: load_weights fills a copy of the model; breaks: the same model with the weights from the file, seen with load_weights(model, path) is model, or with the model's own weights afterwards"
def logged_run(wandb, model, loader, loss_func, lr: float, epochs: int) -> None:
    wandb.init(project="digits", config={"lr": lr, "epochs": epochs})
    wandb.watch(model, loss_func, log="all", log_freq=10)
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    for epoch in range(epochs):
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            wandb.log({"epoch": epoch, "loss": loss.item()})
    wandb.finish()


def save_weights(model: nn.Module, path: str) -> None:
    torch.save(model.state_dict(), path)


def load_weights(model: nn.Module, path: str) -> nn.Module:
    import copy

    loaded = copy.deepcopy(model)
    loaded.load_state_dict(torch.load(path))
    loaded.eval()
    return loaded


# %% right="clip_gradients: list first, joint norm, then one factor for all"
def clip_gradients(params, limit: float) -> float:
    """Scales the gradients in place so that their joint norm is at most limit; returns the norm before."""
    params = list(params)
    squares = 0.0
    for p in params:
        squares += p.grad.norm().item() ** 2
    norm = squares**0.5
    if norm > limit:
        for p in params:
            p.grad.mul_(limit / norm)
    return norm


# %% right="clip_gradients: the gradients are collected in one walk, math.hypot of their norms, _foreach_mul_"
def clip_gradients(params, limit: float) -> float:
    gradients = [p.grad for p in params if p.grad is not None]
    before = math.hypot(*(torch.linalg.vector_norm(g).item() for g in gradients))
    if before > limit:
        torch._foreach_mul_(gradients, limit / before)
    return before


# %% right="clip_gradients: measured on one long vector in double precision, PyTorch's clip_grad_norm_ only where the limit is broken"
def clip_gradients(params, limit: float) -> float:
    params = tuple(p for p in params if p.grad is not None)
    long_one = torch.cat([torch.zeros(1, dtype=torch.float64), *(p.grad.detach().flatten().double() for p in params)])
    norm = float(long_one.square().sum().sqrt())
    if norm > limit:
        nn.utils.clip_grad_norm_(params, limit)
    return norm


# %% wrong="clip_gradients: walks twice through params without a list; breaks: params may be a generator, which can be iterated only once, seen with model.parameters(): the norm is right but nothing is clipped"
def clip_gradients(params, limit: float) -> float:
    norm = sum(p.grad.norm().item() ** 2 for p in params) ** 0.5
    if norm > limit:
        for p in params:
            p.grad.mul_(limit / norm)
    return norm


# %% wrong="clip_gradients: scales always to the limit; breaks: leave them alone while they are within the limit, seen with gradients 3 and 4 and a limit of 10"
def clip_gradients(params, limit: float) -> float:
    params = list(params)
    norm = sum(p.grad.norm().item() ** 2 for p in params) ** 0.5
    for p in params:
        p.grad.mul_(limit / max(norm, 1e-12))
    return norm


# %% wrong="clip_gradients: binds new gradient tensors; breaks: change the gradients in place, seen with a tensor that was p.grad before the call: it keeps its numbers"
def clip_gradients(params, limit: float) -> float:
    params = list(params)
    norm = sum(p.grad.norm().item() ** 2 for p in params) ** 0.5
    if norm > limit:
        for p in params:
            p.grad = p.grad * (limit / norm)
    return norm


# %% wrong="clip_gradients: joint factor, but only for gradients that are too long by themselves; breaks: limits the length of the step and leaves its direction as it is, seen with gradients 3 and 4 and a limit of 3.5"
def clip_gradients(params, limit: float) -> float:
    params = list(params)
    norms = [p.grad.norm().item() for p in params]
    total = sum(norm**2 for norm in norms) ** 0.5
    for p, norm in zip(params, norms, strict=True):
        if norm > limit:
            p.grad.mul_(limit / total)
    return total


# %% wrong="clip_gradients: the norm is measured after clipping; breaks: return the norm from before as a number, seen with gradients 3 and 4 and a limit of 2.5: 2.5 instead of 5"
def clip_gradients(params, limit: float) -> float:
    params = list(params)
    nn.utils.clip_grad_norm_(params, limit)
    return sum(p.grad.norm().item() ** 2 for p in params) ** 0.5
