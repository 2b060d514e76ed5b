# Answers by a panel that read only the released notebook: what `course audit` grades and counts apart. No student sees them.

# %% right="walk: the blanks as they are meant"
def walk(loss_of, start: float, lr: float, steps: int) -> list[float]:
    """The places of a walk downhill: the start, then one place after each step."""
    w = torch.tensor(float(start), requires_grad=True)
    places = [w.item()]
    for _ in range(steps):
        loss = loss_of(w)
        loss.backward()
        with torch.no_grad():
            w.sub_(lr * w.grad)
        w.grad.zero_()
        places.append(w.item())
    return places


# %% right="walk: inference mode, add_ with a negative alpha, tolist"
def walk(loss_of, start: float, lr: float, steps: int) -> list[float]:
    """The places of a walk downhill: the start, then one place after each step."""
    w = torch.tensor(float(start), requires_grad=True)
    places = [w.item()]
    for _ in range(steps):
        loss = loss_of(w)
        loss.backward()
        with torch.inference_mode():
            w.add_(w.grad, alpha=-lr)
        w.grad.zero_()
        places.append(w.tolist())
    return places


# %% right="walk: autograd.grad keeps no gradient at all, double precision"
def walk(loss_of, start: float, lr: float, steps: int) -> list[float]:
    w = torch.tensor(float(start), dtype=torch.float64, requires_grad=True)
    places = [float(w)]
    while len(places) <= steps:
        (slope,) = torch.autograd.grad(loss_of(w), w)
        w.detach().sub_(slope, alpha=lr)
        places.append(float(w))
    return places


# %% wrong="walk: slopes pile up from step to step; breaks: nothing of this slope may be left for the next step"
def walk(loss_of, start: float, lr: float, steps: int) -> list[float]:
    """The places of a walk downhill: the start, then one place after each step."""
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


# %% wrong="walk: always goes to the left, by the absolute slope; breaks: take a step against the slope (a start left of the bottom runs away)"
def walk(loss_of, start: float, lr: float, steps: int) -> list[float]:
    """The places of a walk downhill: the start, then one place after each step."""
    w = torch.tensor(float(start), requires_grad=True)
    places = [w.item()]
    for _ in range(steps):
        loss = loss_of(w)
        loss.backward()
        with torch.no_grad():
            w.sub_(lr * w.grad.abs())
        w.grad.zero_()
        places.append(w.item())
    return places


# %% wrong="walk: shrinks w as in the bowl of the first check and asks the slope nothing; breaks: steps down the function loss_of, autograd finds the slope"
def walk(loss_of, start: float, lr: float, steps: int) -> list[float]:
    """The places of a walk downhill: the start, then one place after each step."""
    w = torch.tensor(float(start), requires_grad=True)
    places = [w.item()]
    for _ in range(steps):
        loss = loss_of(w)
        loss.backward()
        with torch.no_grad():
            w.mul_(1 - lr)
        w.grad.zero_()
        places.append(w.item())
    return places


# %% wrong="walk: half of each slope stays as momentum; breaks: nothing of this slope may be left for the next step"
def walk(loss_of, start: float, lr: float, steps: int) -> list[float]:
    """The places of a walk downhill: the start, then one place after each step."""
    w = torch.tensor(float(start), requires_grad=True)
    places = [w.item()]
    for _ in range(steps):
        loss = loss_of(w)
        loss.backward()
        with torch.no_grad():
            w.sub_(lr * w.grad)
        w.grad.mul_(0.5)
        places.append(w.item())
    return places


# %% wrong="walk: the start is cut to a whole number; breaks: start at start"
def walk(loss_of, start: float, lr: float, steps: int) -> list[float]:
    """The places of a walk downhill: the start, then one place after each step."""
    w = torch.tensor(float(int(start)), requires_grad=True)
    places = [w.item()]
    for _ in range(steps):
        loss = loss_of(w)
        loss.backward()
        with torch.no_grad():
            w.sub_(lr * w.grad)
        w.grad.zero_()
        places.append(w.item())
    return places


# %% right="speed_limit: eigvalsh, smallest and largest"
def speed_limit(hessian: torch.Tensor) -> float:
    """The largest learning rate that does not run away: (n, n) in, a number out."""
    return 2 / torch.linalg.eigvalsh(hessian)[-1].item()


def best_rate(hessian: torch.Tensor) -> float:
    """The learning rate whose slowest direction is fastest: (n, n) in, a number out."""
    steepness = torch.linalg.eigvalsh(hessian)
    return 2 / (steepness[0] + steepness[-1]).item()


# %% right="speed_limit: helper with numpy, aminmax"
import numpy as np


def ends(hessian):
    values = np.linalg.eigvalsh(hessian.detach().cpu().double().numpy())
    return float(values.min()), float(values.max())


def speed_limit(hessian: torch.Tensor) -> float:
    return 2.0 / ends(hessian)[1]


def best_rate(hessian: torch.Tensor) -> float:
    return 2.0 / sum(ends(hessian))


# %% right="speed_limit: spectral norms of the matrix and of its inverse"
def speed_limit(hessian: torch.Tensor) -> float:
    return float(2 / torch.linalg.matrix_norm(hessian, ord=2))


def best_rate(hessian: torch.Tensor) -> float:
    steepest, flattest = (torch.linalg.matrix_norm(hessian.double(), ord=k) for k in (2, -2))
    return (2 / (steepest + flattest)).item()


# %% wrong="speed_limit: two over the trace; breaks: the slowest direction is as fast as it can be (n of three or more)"
def speed_limit(hessian: torch.Tensor) -> float:
    """The largest learning rate that does not run away: (n, n) in, a number out."""
    return 2 / torch.linalg.eigvalsh(hessian)[-1].item()


def best_rate(hessian: torch.Tensor) -> float:
    """The learning rate whose slowest direction is fastest: (n, n) in, a number out."""
    return 2 / hessian.trace().item()


# %% wrong="speed_limit: one over the mean eigenvalue; breaks: both factors shrink equally fast (the mean is not the middle)"
def speed_limit(hessian: torch.Tensor) -> float:
    """The largest learning rate that does not run away: (n, n) in, a number out."""
    return 2 / torch.linalg.eigvalsh(hessian)[-1].item()


def best_rate(hessian: torch.Tensor) -> float:
    """The learning rate whose slowest direction is fastest: (n, n) in, a number out."""
    steepness = torch.linalg.eigvalsh(hessian)
    return 1 / steepness.mean().item()


# %% wrong="speed_limit: looks at the diagonal only; breaks: in at least one direction (the valley may lie along no axis)"
def speed_limit(hessian: torch.Tensor) -> float:
    """The largest learning rate that does not run away: (n, n) in, a number out."""
    return 2 / hessian.diagonal().max().item()


def best_rate(hessian: torch.Tensor) -> float:
    """The learning rate whose slowest direction is fastest: (n, n) in, a number out."""
    steepness = torch.linalg.eigvalsh(hessian)
    return 2 / (steepness[0] + steepness[-1]).item()


# %% wrong="speed_limit: largest sum of a row, only a bound for the eigenvalue; breaks: the learning rate above which the walk runs away"
def speed_limit(hessian: torch.Tensor) -> float:
    """The largest learning rate that does not run away: (n, n) in, a number out."""
    return 2 / hessian.abs().sum(dim=1).max().item()


def best_rate(hessian: torch.Tensor) -> float:
    """The learning rate whose slowest direction is fastest: (n, n) in, a number out."""
    steepness = torch.linalg.eigvalsh(hessian)
    return 2 / (steepness[0] + steepness[-1]).item()


# %% wrong="speed_limit: takes the two smallest eigenvalues; breaks: steepest direction zigzags, both shrink equally fast (and fails for one direction)"
def speed_limit(hessian: torch.Tensor) -> float:
    """The largest learning rate that does not run away: (n, n) in, a number out."""
    return 2 / torch.linalg.eigvalsh(hessian)[-1].item()


def best_rate(hessian: torch.Tensor) -> float:
    """The learning rate whose slowest direction is fastest: (n, n) in, a number out."""
    steepness = torch.linalg.eigvalsh(hessian)
    return 2 / (steepness[0] + steepness[1]).item()


# %% right="least_squares: normal equations with a column of ones"
def least_squares(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, float]:
    """Weights (features,) and bias with the smallest squared error: (n, features) and (n,) in."""
    table = torch.cat([x, torch.ones(len(x), 1, dtype=x.dtype)], dim=1)
    solution = torch.linalg.solve(table.T @ table, table.T @ y)
    return solution[:-1], solution[-1].item()


# %% right="least_squares: ones in front, lstsq"
def least_squares(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, float]:
    table = torch.hstack((x.new_ones(x.shape[0], 1), x))
    b, *w = torch.linalg.lstsq(table, y[:, None]).solution.flatten()
    return torch.stack(w), float(b)


# %% right="least_squares: centre both, solve without ones, bias from the means"
def least_squares(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, float]:
    middle_x, middle_y = x.mean(dim=0), y.mean()
    centred = x - middle_x
    w = torch.linalg.inv(centred.T @ centred) @ (centred.T @ (y - middle_y))
    return w, (middle_y - w.dot(middle_x)).item()


# %% wrong="least_squares: solves exactly for the first rows and ignores the rest; breaks: the best straight line, smallest squared error"
def least_squares(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, float]:
    """Weights (features,) and bias with the smallest squared error: (n, features) and (n,) in."""
    table = torch.cat([x, torch.ones(len(x), 1, dtype=x.dtype)], dim=1)
    solution = torch.linalg.solve(table[: table.shape[1]], y[: table.shape[1]])
    return solution[:-1], solution[-1].item()


# %% wrong="least_squares: a slope for each feature by itself; breaks: the best line (features may hang together)"
def least_squares(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, float]:
    """Weights (features,) and bias with the smallest squared error: (n, features) and (n,) in."""
    centred = x - x.mean(dim=0)
    w = centred.T @ (y - y.mean()) / centred.square().sum(dim=0)
    return w, (y.mean() - x.mean(dim=0) @ w).item()


# %% wrong="least_squares: entry number one as the bias; breaks: w of shape (features,) (more than one feature)"
def least_squares(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, float]:
    """Weights (features,) and bias with the smallest squared error: (n, features) and (n,) in."""
    table = torch.cat([x, torch.ones(len(x), 1, dtype=x.dtype)], dim=1)
    solution = torch.linalg.solve(table.T @ table, table.T @ y)
    return solution[:1], solution[1].item()


# %% wrong="least_squares: total least squares, distances at a right angle to the line; breaks: squared error of y (residuals y - Xw)"
def least_squares(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, float]:
    both = torch.cat([x, y[:, None]], dim=1)
    middle = both.mean(dim=0)
    normal = torch.linalg.svd(both - middle)[2][-1]
    w = -normal[:-1] / normal[-1]
    return w, (middle[-1] - middle[:-1] @ w).item()


# %% wrong="least_squares: weights of the smallest absolute error, by reweighting; breaks: the smallest squared error"
def least_squares(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, float]:
    table = torch.cat([x, torch.ones(len(x), 1)], dim=1)
    weights = torch.ones(len(x), 1)
    for _ in range(20):
        solution = torch.linalg.solve(table.T @ (weights * table), table.T @ (weights[:, 0] * y))
        weights = 1 / ((table @ solution - y).abs()[:, None] + 1e-2)
    return solution[:-1], solution[-1].item()


# %% right="cubic_by_hand: unsqueeze and pow, zero_grad, in place"
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
        loss = loss_func(model(features), y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= lr * p.grad
        losses.append(loss.item())
    return losses


# %% right="cubic_by_hand: cumprod for the powers, Flatten(-2, -1), autograd.grad"
def powers_of(x: torch.Tensor) -> torch.Tensor:
    return x[:, None].expand(-1, 3).cumprod(dim=1)


def cubic_model() -> nn.Module:
    return nn.Sequential(nn.Linear(in_features=3, out_features=1), nn.Flatten(-2, -1))


def fit_by_hand(model, features, y, lr: float, steps: int) -> list[float]:
    losses, params = [], list(model.parameters())
    for _ in range(steps):
        loss = (model(features) - y).square().sum()
        for p, slope in zip(params, torch.autograd.grad(loss, params)):
            p.data.sub_(lr * slope)
        losses.append(float(loss.detach()))
    return losses


# %% right="cubic_by_hand: stack, an OrderedDict model, add_ with alpha and grad set to None"
def powers_of(x: torch.Tensor) -> torch.Tensor:
    """The columns x, x² and x³: (n,) in, (n, 3) out."""
    return torch.stack([x, x * x, x * x * x], dim=-1)


def cubic_model() -> nn.Module:
    """Three features in, one number out: (n, 3) to (n,)."""
    return nn.Sequential(nn.Linear(3, 1), nn.Flatten(start_dim=0, end_dim=-1))


def fit_by_hand(model, features, y, lr: float, steps: int) -> list[float]:
    """Steps on the sum of squared errors, in place; returns the losses."""
    loss_func = nn.MSELoss(reduction="sum")
    losses = []
    for _ in range(steps):
        loss = loss_func(model(features), y)
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p.add_(p.grad, alpha=-lr)
                p.grad = None
        losses.append(loss.item())
    return losses


# %% wrong="cubic_by_hand: Flatten as it comes makes (n, 1); breaks: folds that to (n,), the shape of y"
def powers_of(x: torch.Tensor) -> torch.Tensor:
    """The columns x, x² and x³: (n,) in, (n, 3) out."""
    exponents = torch.tensor([1, 2, 3])
    return x.unsqueeze(-1).pow(exponents)


def cubic_model() -> nn.Module:
    """Three features in, one number out: (n, 3) to (n,)."""
    return nn.Sequential(nn.Linear(3, 1), nn.Flatten())


def fit_by_hand(model, features, y, lr: float, steps: int) -> list[float]:
    """Steps on the sum of squared errors, in place; returns the losses."""
    loss_func = nn.MSELoss(reduction="sum")
    losses = []
    for _ in range(steps):
        loss = loss_func(model(features), y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= lr * p.grad
        losses.append(loss.item())
    return losses


# %% wrong="cubic_by_hand: no bias in the layer; breaks: the constant term is the layer's bias"
def powers_of(x: torch.Tensor) -> torch.Tensor:
    """The columns x, x² and x³: (n,) in, (n, 3) out."""
    exponents = torch.tensor([1, 2, 3])
    return x.unsqueeze(-1).pow(exponents)


def cubic_model() -> nn.Module:
    """Three features in, one number out: (n, 3) to (n,)."""
    return nn.Sequential(nn.Linear(3, 1, bias=False), nn.Flatten(0, 1))


def fit_by_hand(model, features, y, lr: float, steps: int) -> list[float]:
    """Steps on the sum of squared errors, in place; returns the losses."""
    loss_func = nn.MSELoss(reduction="sum")
    losses = []
    for _ in range(steps):
        loss = loss_func(model(features), y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= lr * p.grad
        losses.append(loss.item())
    return losses


# %% wrong="cubic_by_hand: clears the gradients once, before the loop; breaks: no gradient may be left over for the next step"
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
    model.zero_grad()
    for _ in range(steps):
        loss = loss_func(model(features), y)
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= lr * p.grad
        losses.append(loss.item())
    return losses


# %% wrong="cubic_by_hand: losses hang on their graphs; breaks: return the losses as plain numbers"
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
        loss = loss_func(model(features), y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= lr * p.grad
        losses.append(loss)
    return losses


# %% wrong="cubic_by_hand: twice the mean, which is the sum for the two points of the check; breaks: the loss is the sum of the squared errors"
def powers_of(x: torch.Tensor) -> torch.Tensor:
    """The columns x, x² and x³: (n,) in, (n, 3) out."""
    exponents = torch.tensor([1, 2, 3])
    return x.unsqueeze(-1).pow(exponents)


def cubic_model() -> nn.Module:
    """Three features in, one number out: (n, 3) to (n,)."""
    return nn.Sequential(nn.Linear(3, 1), nn.Flatten(0, 1))


def fit_by_hand(model, features, y, lr: float, steps: int) -> list[float]:
    """Steps on the sum of squared errors, in place; returns the losses."""
    loss_func = nn.MSELoss(reduction="mean")
    losses = []
    for _ in range(steps):
        loss = 2 * loss_func(model(features), y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= lr * p.grad
        losses.append(loss.item())
    return losses


# %% right="fit_with: the usual five lines"
def make_sgd(model, lr: float):
    """Plain gradient descent on all the parameters of the model."""
    from torch import optim

    return optim.SGD(model.parameters(), lr)


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


# %% right="fit_with: a closure handed to step"
def make_sgd(model, lr: float):
    from torch import optim

    return optim.SGD([{"params": [p]} for p in model.parameters()], lr=lr)


def fit_with(make, model, features, y, lr: float, steps: int) -> list[float]:
    opt = make(list(model.parameters()), lr=lr)

    def closure():
        opt.zero_grad(set_to_none=False)
        loss = F.mse_loss(model(features), y, reduction="sum")
        loss.backward()
        return loss

    return [opt.step(closure).item() for _ in range(steps)]


# %% right="fit_with: clears after the step, positional rate"
def make_sgd(model, lr: float):
    """Plain gradient descent on all the parameters of the model."""
    from torch import optim

    return optim.SGD(params=model.parameters(), lr=lr, momentum=0)


def fit_with(make, model, features, y, lr: float, steps: int) -> list[float]:
    """Steps of an optimiser on the sum of squared errors, in place; returns the losses."""
    loss_func = nn.MSELoss(reduction="sum")
    losses = []
    opt = make(model.parameters(), lr)
    opt.zero_grad()
    for _ in range(steps):
        loss = loss_func(model(features), y)
        loss.backward()
        opt.step()
        opt.zero_grad()
        losses.append(loss.item())
    return losses


# %% wrong="fit_with: a new optimiser in every step loses its averages; breaks: the optimiser is told once"
def make_sgd(model, lr: float):
    """Plain gradient descent on all the parameters of the model."""
    from torch import optim

    return optim.SGD(model.parameters(), lr)


def fit_with(make, model, features, y, lr: float, steps: int) -> list[float]:
    """Steps of an optimiser on the sum of squared errors, in place; returns the losses."""
    loss_func = nn.MSELoss(reduction="sum")
    losses = []
    for _ in range(steps):
        loss = loss_func(model(features), y)
        opt = make(model.parameters(), lr=lr)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="fit_with: always takes SGD; breaks: make is a class such as SGD or RMSprop"
def make_sgd(model, lr: float):
    """Plain gradient descent on all the parameters of the model."""
    from torch import optim

    return optim.SGD(model.parameters(), lr)


def fit_with(make, model, features, y, lr: float, steps: int) -> list[float]:
    """Steps of an optimiser on the sum of squared errors, in place; returns the losses."""
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


# %% wrong="fit_with: make_sgd with momentum; breaks: plain gradient descent"
def make_sgd(model, lr: float):
    """Plain gradient descent on all the parameters of the model."""
    from torch import optim

    return optim.SGD(model.parameters(), lr, momentum=0.9)


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


# %% wrong="fit_with: make_sgd looks after the last layer only; breaks: on all the parameters of the model"
def make_sgd(model, lr: float):
    """Plain gradient descent on all the parameters of the model."""
    from torch import optim

    return optim.SGD(list(model.parameters())[-2:], lr)


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


# %% wrong="fit_with: gradients pile up; breaks: clear the gradients"
def make_sgd(model, lr: float):
    """Plain gradient descent on all the parameters of the model."""
    from torch import optim

    return optim.SGD(model.parameters(), lr)


def fit_with(make, model, features, y, lr: float, steps: int) -> list[float]:
    """Steps of an optimiser on the sum of squared errors, in place; returns the losses."""
    loss_func = nn.MSELoss(reduction="sum")
    losses = []
    opt = make(model.parameters(), lr=lr)
    for _ in range(steps):
        loss = loss_func(model(features), y)
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% right="Settings: the blanks as they are meant"
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


# %% right="Settings: inspect.stack and __dict__"
class Settings:
    def save_hyperparameters(self, ignore=()) -> None:
        caller = inspect.stack()[1].frame
        skipped = set(ignore) | {"self"}
        self.hparams = {k: v for k, v in caller.f_locals.items() if k[0] != "_" and k not in skipped}
        self.__dict__.update(self.hparams)


# %% right="Settings: sys._getframe and a loop"
import sys


class Settings:
    def save_hyperparameters(self, ignore=()) -> None:
        self.hparams = {}
        for name, value in dict(sys._getframe(1).f_locals).items():
            if name == "self" or name.startswith("_") or name in tuple(ignore):
                continue
            self.hparams[name] = value
            setattr(self, name, value)


# %% wrong="Settings: leaves out values that are zero, None or empty; breaks: everything is stored except ..."
class Settings:
    """For classes that want to remember what they were made with."""

    def save_hyperparameters(self, ignore=()) -> None:
        """Makes the arguments of the calling __init__ attributes, and keeps them in self.hparams."""
        arguments = inspect.currentframe().f_back.f_locals
        kept = {name for name in arguments if not name.startswith("_") and arguments[name]}
        kept -= {"self", *ignore}
        self.hparams = {name: arguments[name] for name in kept}
        for name, value in self.hparams.items():
            setattr(self, name, value)


# %% wrong="Settings: leaves out names with an underscore anywhere, such as weight_decay; breaks: names that begin with an underscore"
class Settings:
    """For classes that want to remember what they were made with."""

    def save_hyperparameters(self, ignore=()) -> None:
        """Makes the arguments of the calling __init__ attributes, and keeps them in self.hparams."""
        arguments = inspect.currentframe().f_back.f_locals
        kept = {name for name in arguments if not name.count("_")}
        kept -= {"self", *ignore}
        self.hparams = {name: arguments[name] for name in kept}
        for name, value in self.hparams.items():
            setattr(self, name, value)


# %% wrong="Settings: what is in ignore is stored as well; breaks: except the names in ignore"
class Settings:
    """For classes that want to remember what they were made with."""

    def save_hyperparameters(self, ignore=()) -> None:
        """Makes the arguments of the calling __init__ attributes, and keeps them in self.hparams."""
        arguments = inspect.currentframe().f_back.f_locals
        kept = {name for name in arguments if not name.startswith("_")}
        kept -= {"self", "ignore"}
        self.hparams = {name: arguments[name] for name in kept}
        for name, value in self.hparams.items():
            setattr(self, name, value)


# %% wrong="Settings: puts attributes on the class, so that all its objects share them; breaks: for classes that remember what they were made with"
class Settings:
    """For classes that want to remember what they were made with."""

    def save_hyperparameters(self, ignore=()) -> None:
        """Makes the arguments of the calling __init__ attributes, and keeps them in self.hparams."""
        arguments = inspect.currentframe().f_back.f_locals
        kept = {name for name in arguments if not name.startswith("_")}
        kept -= {"self", *ignore}
        self.hparams = {name: arguments[name] for name in kept}
        for name, value in self.hparams.items():
            setattr(type(self), name, value)


# %% wrong="Settings: drops every name that begins with self, such as self_supervised or itself; breaks: everything is stored except self"
class Settings:
    """For classes that want to remember what they were made with."""

    def save_hyperparameters(self, ignore=()) -> None:
        """Makes the arguments of the calling __init__ attributes, and keeps them in self.hparams."""
        arguments = inspect.currentframe().f_back.f_locals
        kept = {name for name in arguments if not name.startswith("_")}
        kept = {name for name in kept if "self" not in name} - set(ignore)
        self.hparams = {name: arguments[name] for name in kept}
        for name, value in self.hparams.items():
            setattr(self, name, value)


# %% right="one_pass: the blanks as they are meant"
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


# %% right="one_pass: RandomSampler, positional size, starred batch"
class Rows(Dataset):
    """Row number i is the pair of features x[i] and label y[i], the label as a float."""

    def __init__(self, x: torch.Tensor, y: torch.Tensor):
        self.x, self.y = x, y.float()

    def __len__(self) -> int:
        return self.y.shape[0]

    def __getitem__(self, i: int):
        return self.x[i], self.y[i]


def one_pass(model, x, y, lr: float, size: int) -> list[float]:
    """One epoch of mini-batch SGD on the binary cross-entropy, in place; returns the loss of each batch."""
    from torch.utils.data import DataLoader, TensorDataset

    dataset = TensorDataset(x, y.to(torch.float32))
    loader = DataLoader(dataset, size, sampler=torch.utils.data.RandomSampler(dataset))
    loss_func = nn.BCELoss()
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for batch in loader:
        *inputs, labels = batch
        loss = loss_func(model(*inputs), labels)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% right="one_pass: a data set of rows in a list, labels made float in the loop, functional loss"
class Rows(Dataset):
    """Row number i is the pair of features x[i] and label y[i], the label as a float."""

    def __init__(self, x: torch.Tensor, y: torch.Tensor):
        self.pairs = list(zip(x, y.float()))

    def __len__(self) -> int:
        return len(self.pairs)

    def __getitem__(self, i: int):
        return self.pairs[i]


def one_pass(model, x, y, lr: float, size: int) -> list[float]:
    """One epoch of mini-batch SGD on the binary cross-entropy, in place; returns the loss of each batch."""
    from torch.utils.data import DataLoader, TensorDataset

    dataset = TensorDataset(x, y)
    loader = DataLoader(dataset, shuffle=True, batch_size=size, drop_last=False)
    loss_func = nn.BCELoss()
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for xb, yb in loader:
        loss = F.binary_cross_entropy(model(xb), yb.float())
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="one_pass: the rows in their order; breaks: in shuffled batches"
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


# %% wrong="one_pass: drops a last batch that is not full; breaks: goes once through all the rows"
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


# %% wrong="one_pass: length counts every number of x; breaks: how many rows are there (more than one feature)"
class Rows(Dataset):
    """Row number i is the pair of features x[i] and label y[i], the label as a float."""

    def __init__(self, x: torch.Tensor, y: torch.Tensor):
        self.x, self.y = x, y.float()

    def __len__(self) -> int:
        return self.x.numel()

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


# %% wrong="one_pass: batches of two whatever is asked; breaks: in batches of size"
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


# %% wrong="one_pass: labels turned to 0 and 1 by truth, so that a soft label of 0.3 becomes 1; breaks: label y[i] as a float"
class Rows(Dataset):
    """Row number i is the pair of features x[i] and label y[i], the label as a float."""

    def __init__(self, x: torch.Tensor, y: torch.Tensor):
        self.x, self.y = x, y.bool().float()

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


# %% right="Trainer: one function, lists of losses"
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


# %% right="Trainer: two helper methods, inference mode, running sums"
class Trainer:
    def __init__(self, max_epochs: int, board, clip: float | None = None):
        self.max_epochs, self.board, self.clip = max_epochs, board, clip

    def train_epoch(self, model, loader, opt) -> float:
        model.train()
        total, batches = 0.0, 0
        for batch in loader:
            opt.zero_grad()
            loss = model.training_step(batch)
            loss.backward()
            if self.clip:
                nn.utils.clip_grad_norm_(model.parameters(), max_norm=self.clip)
            opt.step()
            total, batches = total + float(loss.detach()), batches + 1
        return total / batches

    @torch.inference_mode()
    def validate(self, model, loader) -> float:
        model.eval()
        return torch.stack([model.validation_step(batch) for batch in loader]).mean().item()

    def fit(self, model, data) -> None:
        opt = model.configure_optimizers()
        train_loader, val_loader = data.train_dataloader(), data.val_dataloader()
        for _ in range(self.max_epochs):
            self.board.add("training loss", self.train_epoch(model, train_loader, opt))
            self.board.add("validation loss", self.validate(model, val_loader))


# %% right="Trainer: enumerate with running means, set_grad_enabled"
class Trainer:
    """Owns the loop: epochs, steps, validation, and what is drawn of them."""

    def __init__(self, max_epochs: int, board, clip: float | None = None):
        self.max_epochs, self.board, self.clip = max_epochs, board, clip

    def fit(self, model, data) -> None:
        """Trains the model in place; both curves of the board grow by one point an epoch."""
        opt = model.configure_optimizers()
        for _ in range(self.max_epochs):
            model.train(True)
            mean = 0.0
            for k, batch in enumerate(data.train_dataloader(), start=1):
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                if self.clip is not None:
                    nn.utils.clip_grad_norm_(model.parameters(), self.clip)
                opt.step()
                mean += (loss.item() - mean) / k
            model.eval()
            valid_losses = []
            with torch.set_grad_enabled(False):
                for batch in data.val_dataloader():
                    valid_losses.append(model.validation_step(batch).item())
            self.board.add("training loss", mean)
            self.board.add("validation loss", sum(valid_losses) / len(valid_losses))


# %% wrong="Trainer: switches to training mode once, before the epochs; breaks: in every epoch train in training mode"
class Trainer:
    """Owns the loop: epochs, steps, validation, and what is drawn of them."""

    def __init__(self, max_epochs: int, board, clip: float | None = None):
        self.max_epochs, self.board, self.clip = max_epochs, board, clip

    def fit(self, model, data) -> None:
        """Trains the model in place; both curves of the board grow by one point an epoch."""
        opt = model.configure_optimizers()
        model.train()
        for _ in range(self.max_epochs):
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


# %% wrong="Trainer: a new optimiser in every epoch forgets its momentum; breaks: an optimiser, made once"
class Trainer:
    """Owns the loop: epochs, steps, validation, and what is drawn of them."""

    def __init__(self, max_epochs: int, board, clip: float | None = None):
        self.max_epochs, self.board, self.clip = max_epochs, board, clip

    def fit(self, model, data) -> None:
        """Trains the model in place; both curves of the board grow by one point an epoch."""
        for _ in range(self.max_epochs):
            opt = model.configure_optimizers()
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


# %% wrong="Trainer: clips each parameter by itself; breaks: limit the norm of all gradients together"
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
                    for p in model.parameters():
                        nn.utils.clip_grad_norm_([p], self.clip)
                opt.step()
                train_losses.append(loss.item())
            model.eval()
            valid_losses = []
            with torch.no_grad():
                for batch in data.val_dataloader():
                    valid_losses.append(model.validation_step(batch).item())
            self.board.add("training loss", sum(train_losses) / len(train_losses))
            self.board.add("validation loss", sum(valid_losses) / len(valid_losses))


# %% wrong="Trainer: clips when the step is done; breaks: limit the norm at the right moment"
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
                opt.step()
                if self.clip is not None:
                    nn.utils.clip_grad_norm_(model.parameters(), self.clip)
                train_losses.append(loss.item())
            model.eval()
            valid_losses = []
            with torch.no_grad():
                for batch in data.val_dataloader():
                    valid_losses.append(model.validation_step(batch).item())
            self.board.add("training loss", sum(train_losses) / len(train_losses))
            self.board.add("validation loss", sum(valid_losses) / len(valid_losses))


# %% wrong="Trainer: validation loss of the last batch; breaks: the mean over the batches of both losses"
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
            self.board.add("validation loss", valid_losses[-1])


# %% right="Momentum: get with 0, one expression"
class Momentum(Optimiser):
    """SGD with momentum, Nesterov's if asked for."""

    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        """Changes p in place, and the velocity in its memory."""
        memory["velocity"] = self.momentum * memory.get("velocity", 0) + g
        v = memory["velocity"]
        p -= self.lr * (g + self.momentum * v if self.nesterov else v)


# %% right="Momentum: setdefault with zeros, all in place"
class Momentum(Optimiser):
    """SGD with momentum, Nesterov's if asked for."""

    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        """Changes p in place, and the velocity in its memory."""
        v = memory.setdefault("velocity", torch.zeros_like(p))
        v.mul_(self.momentum).add_(g)
        step = g.add(v, alpha=self.momentum) if self.nesterov else v
        p.add_(step, alpha=-self.lr)


# %% right="Momentum: if the key is missing, clone of g; two branches"
class Momentum(Optimiser):
    """SGD with momentum, Nesterov's if asked for."""

    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        """Changes p in place, and the velocity in its memory."""
        if "v" not in memory:
            memory["v"] = g.clone()
        else:
            memory["v"] = memory["v"] * self.momentum + g
        if self.nesterov:
            p.sub_(self.lr * g)
            p.sub_(self.lr * self.momentum * memory["v"])
        else:
            p.sub_(self.lr * memory["v"])


# %% wrong="Momentum: the rate goes into the velocity, so old gradients keep old rates; breaks: v is mu v + g, and p moves by eta v (a rate that changes)"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        v = memory["velocity"] = self.momentum * memory.get("velocity", 0) + self.lr * g
        p -= self.lr * g + self.momentum * v if self.nesterov else v


# %% wrong="Momentum: Nesterov with the old velocity; breaks: moves by g + mu v with the new v"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        old = memory.get("velocity", torch.zeros_like(g))
        memory["velocity"] = self.momentum * old + g
        p -= self.lr * (g + self.momentum * old if self.nesterov else memory["velocity"])


# %% wrong="Momentum: one velocity for all parameters, kept in self; breaks: keep the velocity in memory"
class Momentum(Optimiser):
    """SGD with momentum, Nesterov's if asked for."""

    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        """Changes p in place, and the velocity in its memory."""
        self.velocity = self.momentum * getattr(self, "velocity", 0) + g.mean()
        v = self.velocity
        p -= self.lr * (g + self.momentum * v if self.nesterov else v)


# %% wrong="Momentum: a share of one half, whatever is set; breaks: self.momentum holds the setting"
class Momentum(Optimiser):
    """SGD with momentum, Nesterov's if asked for."""

    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        """Changes p in place, and the velocity in its memory."""
        memory["velocity"] = 0.5 * memory.get("velocity", 0) + g
        v = memory["velocity"]
        p -= self.lr * (g + self.momentum * v if self.nesterov else v)


# %% wrong="Momentum: Nesterov looks two steps ahead, (1 + mu) g + mu mu v with the new v; breaks: the parameter moves by g + mu v"
class Momentum(Optimiser):
    """SGD with momentum, Nesterov's if asked for."""

    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        """Changes p in place, and the velocity in its memory."""
        memory["velocity"] = self.momentum * memory.get("velocity", 0) + g
        v = memory["velocity"]
        p -= self.lr * ((1 + self.momentum) * g + self.momentum**2 * v if self.nesterov else v)


# %% right="RMSProp: the blanks as they are meant"
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


# %% right="RMSProp: addcmul, addcdiv and lerp"
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
        s.lerp_(g.square(), 1 - self.alpha)
        p.addcdiv_(g, s.sqrt() + self.eps, value=-self.lr)


# %% right="RMSProp: a common mother class"
class Paced(Optimiser):
    def update(self, p, g, memory):
        keep, add = self.shares()
        memory["s"] = keep * memory.get("s", torch.zeros(())) + add * torch.pow(g, 2)
        p.sub_(self.lr * g.div(memory["s"] ** 0.5 + self.eps))


class AdaGrad(Paced):
    eps = 1e-10

    def shares(self):
        return 1, 1


class RMSProp(Paced):
    alpha = 0.99
    eps = 1e-8

    def shares(self):
        return self.alpha, 1 - self.alpha


# %% wrong="RMSProp: eps under the root; breaks: g / (sqrt(s) + eps)"
class AdaGrad(Optimiser):
    """Divides by the root of the sum of all squared gradients so far."""

    eps = 1e-10

    def update(self, p, g, memory):
        """Changes p in place, and the sum in its memory."""
        memory["s"] = memory.get("s", 0) + g**2
        p -= self.lr * g / (memory["s"] + self.eps).sqrt()


class RMSProp(Optimiser):
    """Divides by the root of a moving average of the squared gradients."""

    alpha = 0.99
    eps = 1e-8

    def update(self, p, g, memory):
        """Changes p in place, and the average in its memory."""
        memory["s"] = self.alpha * memory.get("s", 0) + (1 - self.alpha) * g**2
        p -= self.lr * g / (memory["s"] + self.eps).sqrt()


# %% wrong="RMSProp: no eps at all, 0 / 0 where a gradient is zero; breaks: eps keeps the division from going wrong when s is 0"
class AdaGrad(Optimiser):
    """Divides by the root of the sum of all squared gradients so far."""

    eps = 1e-10

    def update(self, p, g, memory):
        """Changes p in place, and the sum in its memory."""
        memory["s"] = memory.get("s", 0) + g**2
        p -= self.lr * g / memory["s"].sqrt()


class RMSProp(Optimiser):
    """Divides by the root of a moving average of the squared gradients."""

    alpha = 0.99
    eps = 1e-8

    def update(self, p, g, memory):
        """Changes p in place, and the average in its memory."""
        memory["s"] = self.alpha * memory.get("s", 0) + (1 - self.alpha) * g**2
        p -= self.lr * g / memory["s"].sqrt()


# %% wrong="RMSProp: one s for the whole tensor, the mean of the squares; breaks: everything is done element by element"
class AdaGrad(Optimiser):
    """Divides by the root of the sum of all squared gradients so far."""

    eps = 1e-10

    def update(self, p, g, memory):
        """Changes p in place, and the sum in its memory."""
        memory["s"] = memory.get("s", 0) + g.pow(2).mean()
        p -= self.lr * g / (memory["s"].sqrt() + self.eps)


class RMSProp(Optimiser):
    """Divides by the root of a moving average of the squared gradients."""

    alpha = 0.99
    eps = 1e-8

    def update(self, p, g, memory):
        """Changes p in place, and the average in its memory."""
        memory["s"] = self.alpha * memory.get("s", 0) + (1 - self.alpha) * g.pow(2).mean()
        p -= self.lr * g / (memory["s"].sqrt() + self.eps)


# %% wrong="RMSProp: a quarter of the square, whatever alpha is; breaks: (1 - alpha) g squared"
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
        memory["s"] = self.alpha * memory.get("s", 0) + 0.25 * g**2
        p -= self.lr * g / (memory["s"].sqrt() + self.eps)


# %% wrong="RMSProp: moves by the size of the gradient, never uphill to the right; breaks: p minus eta g (negative gradients)"
class AdaGrad(Optimiser):
    """Divides by the root of the sum of all squared gradients so far."""

    eps = 1e-10

    def update(self, p, g, memory):
        """Changes p in place, and the sum in its memory."""
        memory["s"] = memory.get("s", 0) + g**2
        p -= self.lr * g.abs() / (memory["s"].sqrt() + self.eps)


class RMSProp(Optimiser):
    """Divides by the root of a moving average of the squared gradients."""

    alpha = 0.99
    eps = 1e-8

    def update(self, p, g, memory):
        """Changes p in place, and the average in its memory."""
        memory["s"] = self.alpha * memory.get("s", 0) + (1 - self.alpha) * g**2
        p -= self.lr * g.abs() / (memory["s"].sqrt() + self.eps)


# %% right="Adam: formulas one by one"
class Adam(Optimiser):
    """Adam with bias correction; AdamW when there is weight decay."""

    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0

    def update(self, p, g, memory):
        """Changes p in place, and m, v and t in its memory."""
        first, second = self.betas
        memory["t"] = memory.get("t", 0) + 1
        memory["m"] = first * memory.get("m", 0) + (1 - first) * g
        memory["v"] = second * memory.get("v", 0) + (1 - second) * g**2
        m_hat = memory["m"] / (1 - first ** memory["t"])
        v_hat = memory["v"] / (1 - second ** memory["t"])
        p *= 1 - self.lr * self.weight_decay
        p -= self.lr * m_hat / (v_hat.sqrt() + self.eps)


# %% right="Adam: fills the memory at first, lerp and addcdiv"
class Adam(Optimiser):
    """Adam with bias correction; AdamW when there is weight decay."""

    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0

    def update(self, p, g, memory):
        """Changes p in place, and m, v and t in its memory."""
        if not memory:
            memory.update(t=0, m=torch.zeros_like(p), v=torch.zeros_like(p))
        memory["t"] += 1
        fade = [1 - beta ** memory["t"] for beta in self.betas]
        memory["m"].lerp_(g, 1 - self.betas[0])
        memory["v"].mul_(self.betas[1]).addcmul_(g, g, value=1 - self.betas[1])
        if self.weight_decay:
            p.mul_(1 - self.lr * self.weight_decay)
        p.addcdiv_(memory["m"], (memory["v"] / fade[1]).sqrt_().add_(self.eps), value=-self.lr / fade[0])


# %% right="Adam: a list of two averages and a loop"
class Adam(Optimiser):
    """Adam with bias correction; AdamW when there is weight decay."""

    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0

    def update(self, p, g, memory):
        """Changes p in place, and m, v and t in its memory."""
        t = memory["t"] = memory.setdefault("t", 0) + 1
        hats = []
        for name, beta, new in zip("mv", self.betas, (g, g.square()), strict=True):
            memory[name] = memory.get(name, torch.zeros_like(g)) * beta + new * (1.0 - beta)
            hats.append(memory[name] / (1.0 - beta**t))
        p.sub_(self.lr * self.weight_decay * p)
        p.sub_(self.lr * hats[0] / (torch.sqrt(hats[1]) + self.eps))


# %% wrong="Adam: corrects as if every step were the first; breaks: divide by 1 - beta to the power t"
class Adam(Optimiser):
    """Adam with bias correction; AdamW when there is weight decay."""

    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0

    def update(self, p, g, memory):
        """Changes p in place, and m, v and t in its memory."""
        first, second = self.betas
        memory["t"] = memory.get("t", 0) + 1
        memory["m"] = first * memory.get("m", 0) + (1 - first) * g
        memory["v"] = second * memory.get("v", 0) + (1 - second) * g**2
        m_hat = memory["m"] / (1 - first)
        v_hat = memory["v"] / (1 - second)
        p *= 1 - self.lr * self.weight_decay
        p -= self.lr * m_hat / (v_hat.sqrt() + self.eps)


# %% wrong="Adam: decay after the step; breaks: shrinks every weight before the step"
class Adam(Optimiser):
    """Adam with bias correction; AdamW when there is weight decay."""

    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0

    def update(self, p, g, memory):
        """Changes p in place, and m, v and t in its memory."""
        first, second = self.betas
        memory["t"] = memory.get("t", 0) + 1
        memory["m"] = first * memory.get("m", 0) + (1 - first) * g
        memory["v"] = second * memory.get("v", 0) + (1 - second) * g**2
        m_hat = memory["m"] / (1 - first ** memory["t"])
        v_hat = memory["v"] / (1 - second ** memory["t"])
        p -= self.lr * m_hat / (v_hat.sqrt() + self.eps)
        p *= 1 - self.lr * self.weight_decay


# %% wrong="Adam: the hats are put into the memory; breaks: averages in the memory stay uncorrected"
class Adam(Optimiser):
    """Adam with bias correction; AdamW when there is weight decay."""

    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0

    def update(self, p, g, memory):
        """Changes p in place, and m, v and t in its memory."""
        first, second = self.betas
        memory["t"] = memory.get("t", 0) + 1
        memory["m"] = first * memory.get("m", 0) + (1 - first) * g
        memory["v"] = second * memory.get("v", 0) + (1 - second) * g**2
        m_hat = memory["m"] = memory["m"] / (1 - first ** memory["t"])
        v_hat = memory["v"] = memory["v"] / (1 - second ** memory["t"])
        p *= 1 - self.lr * self.weight_decay
        p -= self.lr * m_hat / (v_hat.sqrt() + self.eps)


# %% wrong="Adam: one counter for all parameters; breaks: count the steps t of each parameter in its own memory"
class Adam(Optimiser):
    """Adam with bias correction; AdamW when there is weight decay."""

    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0

    def update(self, p, g, memory):
        """Changes p in place, and m, v and t in its memory."""
        first, second = self.betas
        memory["t"] = self.t = getattr(self, "t", 0) + 1
        memory["m"] = first * memory.get("m", 0) + (1 - first) * g
        memory["v"] = second * memory.get("v", 0) + (1 - second) * g**2
        m_hat = memory["m"] / (1 - first ** memory["t"])
        v_hat = memory["v"] / (1 - second ** memory["t"])
        p *= 1 - self.lr * self.weight_decay
        p -= self.lr * m_hat / (v_hat.sqrt() + self.eps)


# %% wrong="Adam: the usual betas, whatever is set; breaks: the settings are self.betas"
class Adam(Optimiser):
    """Adam with bias correction; AdamW when there is weight decay."""

    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0

    def update(self, p, g, memory):
        """Changes p in place, and m, v and t in its memory."""
        first, second = 0.9, 0.999
        memory["t"] = memory.get("t", 0) + 1
        memory["m"] = first * memory.get("m", 0) + (1 - first) * g
        memory["v"] = second * memory.get("v", 0) + (1 - second) * g**2
        m_hat = memory["m"] / (1 - first ** memory["t"])
        v_hat = memory["v"] / (1 - second ** memory["t"])
        p *= 1 - self.lr * self.weight_decay
        p -= self.lr * m_hat / (v_hat.sqrt() + self.eps)


# %% right="decay_groups: two comprehensions"
def decay_groups(model: nn.Module, weight_decay: float) -> list[dict]:
    """Two parameter groups: tensors with two or more axes decay, the others do not."""
    learning = [p for p in model.parameters() if p.requires_grad]
    return [
        {"params": [p for p in learning if p.ndim >= 2], "weight_decay": weight_decay},
        {"params": [p for p in learning if p.ndim < 2], "weight_decay": 0.0},
    ]


# %% right="decay_groups: loop that fills two groups"
def decay_groups(model: nn.Module, weight_decay: float) -> list[dict]:
    groups = [dict(params=[], weight_decay=weight_decay), dict(params=[], weight_decay=0)]
    for _, p in model.named_parameters():
        if p.requires_grad:
            groups[0 if len(p.shape) > 1 else 1]["params"].append(p)
    return groups


# %% right="decay_groups: filter, and partition by a helper"
def is_matrix(p):
    return p.dim() > 1


def decay_groups(model: nn.Module, weight_decay: float) -> list[dict]:
    alive = list(filter(lambda p: p.requires_grad, model.parameters()))
    return [
        {"params": [p for p in alive if is_matrix(p) is wanted], "weight_decay": decay}
        for wanted, decay in ((True, weight_decay), (False, 0.0))
    ]


# %% wrong="decay_groups: frozen parameters too; breaks: frozen parameters belong to neither"
def decay_groups(model: nn.Module, weight_decay: float) -> list[dict]:
    """Two parameter groups: tensors with two or more axes decay, the others do not."""
    learning = list(model.parameters())
    return [
        {"params": [p for p in learning if p.ndim >= 2], "weight_decay": weight_decay},
        {"params": [p for p in learning if p.ndim < 2], "weight_decay": 0.0},
    ]


# %% wrong="decay_groups: by the name, so the scales of norms decay; breaks: spare the scales of normalisation layers"
def decay_groups(model: nn.Module, weight_decay: float) -> list[dict]:
    """Two parameter groups: tensors with two or more axes decay, the others do not."""
    learning = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
    return [
        {"params": [p for name, p in learning if not name.endswith("bias")], "weight_decay": weight_decay},
        {"params": [p for name, p in learning if name.endswith("bias")], "weight_decay": 0.0},
    ]


# %% wrong="decay_groups: exactly two axes, filters of convolutions are spared; breaks: first those with two or more axes"
def decay_groups(model: nn.Module, weight_decay: float) -> list[dict]:
    """Two parameter groups: tensors with two or more axes decay, the others do not."""
    learning = [p for p in model.parameters() if p.requires_grad]
    return [
        {"params": [p for p in learning if p.ndim == 2], "weight_decay": weight_decay},
        {"params": [p for p in learning if p.ndim != 2], "weight_decay": 0.0},
    ]


# %% wrong="decay_groups: the group without decay first; breaks: first those with two or more axes, then the others"
def decay_groups(model: nn.Module, weight_decay: float) -> list[dict]:
    """Two parameter groups: tensors with two or more axes decay, the others do not."""
    learning = [p for p in model.parameters() if p.requires_grad]
    return [  # reversed below
        {"params": [p for p in learning if p.ndim >= 2], "weight_decay": weight_decay},
        {"params": [p for p in learning if p.ndim < 2], "weight_decay": 0.0},
    ][::-1]


# %% wrong="decay_groups: a single number is in no group; breaks: then the others (a parameter with no axis)"
def decay_groups(model: nn.Module, weight_decay: float) -> list[dict]:
    """Two parameter groups: tensors with two or more axes decay, the others do not."""
    learning = [p for p in model.parameters() if p.requires_grad]
    return [
        {"params": [p for p in learning if p.ndim >= 2], "weight_decay": weight_decay},
        {"params": [p for p in learning if p.ndim == 1], "weight_decay": 0.0},
    ]


# %% right="schedules: formulas, the cosine called twice"
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
    if t < peak:
        return cosine_rate(t, top / 25, peak, top)
    return cosine_rate(t - peak, top, total - 1 - peak, top / 250_000)


# %% right="schedules: loops, and one_cycle written out"
def step_rate(t: int, lr: float, size: int, gamma: float) -> float:
    for step in range(1, t + 1):
        if step % size == 0:
            lr = lr * gamma
    return lr


def exponential_rate(t: int, lr: float, gamma: float) -> float:
    for _ in range(t):
        lr *= gamma
    return lr


def cosine_rate(t: float, lr: float, total: float, lowest: float = 0.0) -> float:
    weight = math.cos(math.pi * t / total / 2) ** 2
    return weight * lr + (1 - weight) * lowest


def one_cycle_rate(t: int, top: float, total: int) -> float:
    turn, last = 0.3 * total - 1, total - 1
    if t <= turn and turn > 0:
        low, share = top / 25, 1 - t / turn
    else:
        low, share = top / 250_000, (t - turn) / (last - turn)
    return low + (top - low) * 0.5 * (1 + math.cos(math.pi * share))


# %% right="schedules: torch for the cosine, exponents by exp and divmod"
def step_rate(t: int, lr: float, size: int, gamma: float) -> float:
    stairs, _ = divmod(t, size)
    return exponential_rate(stairs, lr, gamma)


def exponential_rate(t: int, lr: float, gamma: float) -> float:
    return lr * math.pow(gamma, t)


def cosine_rate(t: float, lr: float, total: float, lowest: float = 0.0) -> float:
    wave = torch.tensor(math.pi * t / total, dtype=torch.float64).cos().item()
    return (lr + lowest) / 2 + (lr - lowest) / 2 * wave


def one_cycle_rate(t: int, top: float, total: int) -> float:
    up = 0.3 * total - 1
    down = total - 1 - up
    rising = t < up
    return cosine_rate(t, top / 25, up, top) if rising else cosine_rate(t - up, top, down, top / 250000)


# %% wrong="schedules: the top at a whole step; breaks: top at step 0.3 total - 1 (not always a whole number)"
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
    peak = int(0.3 * total) - 1
    if t < peak:
        return cosine_rate(t, top / 25, peak, top)
    return cosine_rate(t - peak, top, total - 1 - peak, top / 250_000)


# %% wrong="schedules: would end at step number total; breaks: top / 250_000 at the last step, which has number total - 1"
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
    if t < peak:
        return cosine_rate(t, top / 25, peak, top)
    return cosine_rate(t - peak, top, total - peak, top / 250_000)


# %% wrong="schedules: ends a twenty-fifth lower; breaks: falls to top / 250_000"
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
    if t < peak:
        return cosine_rate(t, top / 25, peak, top)
    return cosine_rate(t - peak, top, total - 1 - peak, top / 25 / 250_000)


# %% wrong="schedules: warms up along a straight line; breaks: rises along half a cosine wave"
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
    if t < peak:
        return top / 25 + (top - top / 25) * t / peak
    return cosine_rate(t - peak, top, total - 1 - peak, top / 250_000)


# %% wrong="schedules: cosine never goes up, and the warm-up stands on it; breaks: goes from lr to lowest (also when lowest is the larger number)"
def step_rate(t: int, lr: float, size: int, gamma: float) -> float:
    """Falls in stairs."""
    return lr * gamma ** (t // size)


def exponential_rate(t: int, lr: float, gamma: float) -> float:
    """Falls by the same share at every step."""
    return lr * gamma**t


def cosine_rate(t: float, lr: float, total: float, lowest: float = 0.0) -> float:
    """Goes from lr to lowest along half a wave."""
    return lowest + max(lr - lowest, 0) * (1 + math.cos(math.pi * t / total)) / 2


def one_cycle_rate(t: int, top: float, total: int) -> float:
    """Warms up to the top, then falls to almost nothing."""
    peak = 0.3 * total - 1
    if t < peak:
        return cosine_rate(t, top / 25, peak, top)
    return cosine_rate(t - peak, top, total - 1 - peak, top / 250_000)


# %% right="fit_on_schedule: the rate is noted at the start of the epoch"
def fit_on_schedule(model, loader, loss_func, lr: float, epochs: int) -> list[float]:
    """Trains in place; returns the learning rate of each epoch."""
    from torch.optim import SGD, lr_scheduler

    opt = SGD(model.parameters(), lr=lr, momentum=0.9)
    scheduler = lr_scheduler.StepLR(opt, step_size=3, gamma=0.5)
    rates = []
    for _ in range(epochs):
        rates.append(scheduler.get_last_lr()[0])
        for xb, yb in loader:
            opt.zero_grad()
            loss = loss_func(model(xb), yb)
            loss.backward()
            opt.step()
        scheduler.step()
    return rates


# %% right="fit_on_schedule: positional settings, rate from the group"
def fit_on_schedule(model, loader, loss_func, lr: float, epochs: int) -> list[float]:
    """Trains in place; returns the learning rate of each epoch."""
    from torch.optim import SGD, lr_scheduler

    opt = SGD(model.parameters(), lr, 0.9)
    scheduler = lr_scheduler.StepLR(opt, 3, 0.5)
    rates = []
    for _ in range(epochs):
        rates.append(opt.param_groups[0]["lr"])
        for xb, yb in loader:
            opt.zero_grad()
            loss = loss_func(model(xb), yb)
            loss.backward()
            opt.step()
        scheduler.step()
    return rates


# %% right="fit_on_schedule: list filled at the end of the epoch, before the tick, while loop, closure"
def fit_on_schedule(model, loader, loss_func, lr: float, epochs: int) -> list[float]:
    """Trains in place; returns the learning rate of each epoch."""
    from torch.optim import SGD, lr_scheduler

    opt = SGD(model.parameters(), lr=lr, momentum=0.9)
    scheduler = lr_scheduler.StepLR(opt, step_size=3, gamma=0.5)
    rates = []
    while len(rates) < epochs:
        for batch, target in loader:

            def closure():
                opt.zero_grad()
                loss = loss_func(model(batch), target)
                loss.backward()
                return loss

            opt.step(closure)
        rates += scheduler.get_last_lr()
        scheduler.step()
    return rates


# %% wrong="fit_on_schedule: no momentum; breaks: a momentum of 0.9"
def fit_on_schedule(model, loader, loss_func, lr: float, epochs: int) -> list[float]:
    """Trains in place; returns the learning rate of each epoch."""
    from torch.optim import SGD, lr_scheduler

    opt = SGD(model.parameters(), lr=lr)
    scheduler = lr_scheduler.StepLR(opt, step_size=3, gamma=0.5)
    rates = []
    for _ in range(epochs):
        rates.append(scheduler.get_last_lr()[0])
        for xb, yb in loader:
            opt.zero_grad()
            loss = loss_func(model(xb), yb)
            loss.backward()
            opt.step()
        scheduler.step()
    return rates


# %% wrong="fit_on_schedule: gradients are never cleared; breaks: train with SGD (one gradient a step)"
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
            loss.backward()
            opt.step()
        scheduler.step()
    return rates


# %% wrong="fit_on_schedule: never steps the optimiser within the epoch, once at its end; breaks: opt.step() after every batch"
def fit_on_schedule(model, loader, loss_func, lr: float, epochs: int) -> list[float]:
    """Trains in place; returns the learning rate of each epoch."""
    from torch.optim import SGD, lr_scheduler

    opt = SGD(model.parameters(), lr=lr, momentum=0.9)
    scheduler = lr_scheduler.StepLR(opt, step_size=3, gamma=0.5)
    rates = []
    for _ in range(epochs):
        rates.append(scheduler.get_last_lr()[0])
        for xb, yb in loader:
            opt.zero_grad()
            loss = loss_func(model(xb), yb)
            loss.backward()
        opt.step()
        scheduler.step()
    return rates


# %% wrong="fit_on_schedule: the scheduler ticks between the note and the training; breaks: the rate that each epoch was trained with, optimiser goes first"
def fit_on_schedule(model, loader, loss_func, lr: float, epochs: int) -> list[float]:
    """Trains in place; returns the learning rate of each epoch."""
    from torch.optim import SGD, lr_scheduler

    opt = SGD(model.parameters(), lr=lr, momentum=0.9)
    scheduler = lr_scheduler.StepLR(opt, step_size=3, gamma=0.5)
    rates = []
    for _ in range(epochs):
        rates.append(scheduler.get_last_lr()[0])
        scheduler.step()
        for xb, yb in loader:
            opt.zero_grad()
            loss = loss_func(model(xb), yb)
            loss.backward()
            opt.step()
    return rates


# %% wrong="fit_on_schedule: halved once, then never again; breaks: halve the rate after every third epoch"
def fit_on_schedule(model, loader, loss_func, lr: float, epochs: int) -> list[float]:
    """Trains in place; returns the learning rate of each epoch."""
    from torch.optim import SGD, lr_scheduler

    opt = SGD(model.parameters(), lr=lr, momentum=0.9)
    scheduler = lr_scheduler.MultiStepLR(opt, [3], gamma=0.5)
    rates = []
    for _ in range(epochs):
        rates.append(scheduler.get_last_lr()[0])
        for xb, yb in loader:
            opt.zero_grad()
            loss = loss_func(model(xb), yb)
            loss.backward()
            opt.step()
        scheduler.step()
    return rates


# %% right="batch_noise: the law as it stands"
def batch_noise(gradients: torch.Tensor, size: int) -> float:
    """The expected squared distance of a batch's mean from the mean of all: (n, parameters) in, a number out."""
    n = len(gradients)
    spread = (gradients - gradients.mean(dim=0)).square().sum() / (n - 1)
    return ((1 - size / n) / size * spread).item()


# %% right="batch_noise: var of each column, summed"
def batch_noise(gradients: torch.Tensor, size: int) -> float:
    n = gradients.shape[0]
    return float(gradients.var(dim=0).sum() * (n - size) / (n * size))


# %% right="batch_noise: trace of the covariance in numpy"
import numpy as np


def batch_noise(gradients: torch.Tensor, size: int) -> float:
    rows = gradients.detach().double().numpy()
    n = rows.shape[0]
    covariance = np.atleast_2d(np.cov(rows, rowvar=False))
    return float(np.trace(covariance) * (1 / size - 1 / n))


# %% wrong="batch_noise: mean over the parameters; breaks: squared length of g minus the mean (the sum over parameters)"
def batch_noise(gradients: torch.Tensor, size: int) -> float:
    """The expected squared distance of a batch's mean from the mean of all: (n, parameters) in, a number out."""
    n = len(gradients)
    spread = (gradients - gradients.mean(dim=0)).square().mean(dim=1).sum() / (n - 1)
    return ((1 - size / n) / size * spread).item()


# %% wrong="batch_noise: correction 1 / n, right for batches of all but one; breaks: 1 - B / n"
def batch_noise(gradients: torch.Tensor, size: int) -> float:
    """The expected squared distance of a batch's mean from the mean of all: (n, parameters) in, a number out."""
    n = len(gradients)
    spread = (gradients - gradients.mean(dim=0)).square().sum() / (n - 1)
    return (1 / n / size * spread).item()


# %% wrong="batch_noise: distances from the median; breaks: distance from the mean of all"
def batch_noise(gradients: torch.Tensor, size: int) -> float:
    """The expected squared distance of a batch's mean from the mean of all: (n, parameters) in, a number out."""
    n = len(gradients)
    spread = (gradients - gradients.median(dim=0).values).square().sum() / (n - 1)
    return ((1 - size / n) / size * spread).item()


# %% wrong="batch_noise: adds up deviations before the square; breaks: sum of the squared lengths (more than one parameter)"
def batch_noise(gradients: torch.Tensor, size: int) -> float:
    """The expected squared distance of a batch's mean from the mean of all: (n, parameters) in, a number out."""
    n = len(gradients)
    spread = (gradients - gradients.mean(dim=0)).sum(dim=1).square().sum() / (n - 1)
    return ((1 - size / n) / size * spread).item()


# %% wrong="batch_noise: one spread for all numbers about one common mean; breaks: the mean gradient is one for each parameter"
def batch_noise(gradients: torch.Tensor, size: int) -> float:
    """The expected squared distance of a batch's mean from the mean of all: (n, parameters) in, a number out."""
    n = len(gradients)
    spread = (gradients - gradients.mean()).square().sum() / (n - 1)
    return ((1 - size / n) / size * spread).item()


# %% right="train_model: blanks, and sums over rows"
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
            total += F.cross_entropy(scores, yb, reduction="sum").item()
            right += (scores.argmax(dim=1) == yb).sum().item()
    rows = len(loader.dataset)
    return total / rows, right / rows


# %% right="train_model: decorated evaluate, max instead of argmax, a counter of rows"
def train_model(model, loader, epochs: int, lr: float) -> list[float]:
    loss_func = nn.CrossEntropyLoss()
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    for _ in tqdm(range(epochs), desc="epochs"):
        model.train(mode=True)
        total, rows = 0.0, 0
        for xb, yb in loader:
            opt.zero_grad()
            loss = loss_func(model(xb), yb)
            loss.backward()
            opt.step()
            total += float(loss.detach()) * yb.size(0)
            rows += yb.size(0)
        history.append(total / rows)
    return history


@torch.no_grad()
def evaluate(model, loader) -> tuple[float, float]:
    model.eval()
    total, right, rows = 0.0, 0, 0
    for xb, yb in loader:
        out = model(xb)
        total += nn.CrossEntropyLoss()(out, yb).item() * xb.shape[0]
        right += int((out.max(dim=1).indices == yb).sum())
        rows += xb.shape[0]
    return total / rows, right / rows


# %% right="train_model: evaluate gathers all scores, log_softmax by hand"
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
    was_training = model.training
    model.eval()
    with torch.inference_mode():
        pairs = [(model(xb), yb) for xb, yb in loader]
    model.train(was_training)
    scores, labels = (torch.cat(part) for part in zip(*pairs))
    picked = scores.log_softmax(1)[torch.arange(len(labels)), labels]
    return -picked.mean().item(), (scores.topk(1, dim=1).indices[:, 0] == labels).float().mean().item()


# %% wrong="train_model: mean over batches in the history; breaks: mean loss over all rows (last batch may be smaller)"
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
            total += loss.item()
        history.append(total / len(loader))
    return history


def evaluate(model, loader) -> tuple[float, float]:
    """The mean cross-entropy and the accuracy over all rows of the loader."""
    total, right = 0.0, 0
    model.eval()
    with torch.no_grad():
        for xb, yb in loader:
            scores = model(xb)
            total += F.cross_entropy(scores, yb, reduction="sum").item()
            right += (scores.argmax(dim=1) == yb).sum().item()
    rows = len(loader.dataset)
    return total / rows, right / rows


# %% wrong="train_model: evaluate stays in the mode it finds; breaks: in evaluation mode"
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
    with torch.no_grad():
        for xb, yb in loader:
            scores = model(xb)
            total += F.cross_entropy(scores, yb, reduction="sum").item()
            right += (scores.argmax(dim=1) == yb).sum().item()
    rows = len(loader.dataset)
    return total / rows, right / rows


# %% wrong="train_model: asks which row has the highest score for a class; breaks: the class that gets the highest score is the answer"
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
            total += F.cross_entropy(scores, yb, reduction="sum").item()
            right += (scores.argmax(dim=0)[: len(yb)] == yb).sum().item()
    rows = len(loader.dataset)
    return total / rows, right / rows


# %% wrong="train_model: evaluate records gradients; breaks: without recording gradients"
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
    with torch.enable_grad():
        for xb, yb in loader:
            scores = model(xb)
            total += F.cross_entropy(scores, yb, reduction="sum").item()
            right += (scores.argmax(dim=1) == yb).sum().item()
    rows = len(loader.dataset)
    return total / rows, right / rows


# %% wrong="train_model: a bar for the batches of each epoch; breaks: a bar that counts the epochs"
def train_model(model, loader, epochs: int, lr: float) -> list[float]:
    """Trains in place with Adam; returns the mean loss of each epoch over its rows."""
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
    """The mean cross-entropy and the accuracy over all rows of the loader."""
    total, right = 0.0, 0
    model.eval()
    with torch.no_grad():
        for xb, yb in loader:
            scores = model(xb)
            total += F.cross_entropy(scores, yb, reduction="sum").item()
            right += (scores.argmax(dim=1) == yb).sum().item()
    rows = len(loader.dataset)
    return total / rows, right / rows


# %% right="logged_run: the blanks as they are meant"
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


# %% right="logged_run: positional settings, dict(), chained load"
def logged_run(wandb, model, loader, loss_func, lr: float, epochs: int) -> None:
    """Trains in place with SGD and logs the run."""
    wandb.init(project="digits", config=dict(lr=lr, epochs=epochs))
    wandb.watch(model, loss_func, "all", 10)
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    for epoch in range(epochs):
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            wandb.log(dict(epoch=epoch, loss=float(loss)))
    wandb.finish()


def save_weights(model: nn.Module, path: str) -> None:
    """Writes the state dict into a file."""
    torch.save(model.state_dict(), path)


def load_weights(model: nn.Module, path: str) -> nn.Module:
    """The same model with the weights from the file, in evaluation mode."""
    model.load_state_dict(torch.load(path, map_location="cpu", weights_only=True), strict=True)
    return model.eval()


# %% right="logged_run: the run as a context, train(False)"
def logged_run(wandb, model, loader, loss_func, lr: float, epochs: int) -> None:
    with wandb.init(project="digits", config={"epochs": epochs, "lr": lr}) as run:
        run.watch(model, criterion=loss_func, log_freq=10, log="all")
        opt = torch.optim.SGD(model.parameters(), lr)
        for epoch in range(epochs):
            for xb, yb in loader:
                opt.zero_grad()
                loss = loss_func(model(xb), yb)
                loss.backward()
                opt.step()
                run.log({"loss": loss.item(), "epoch": epoch})


def save_weights(model: nn.Module, path: str) -> None:
    """Writes the state dict into a file."""
    torch.save(model.state_dict(), path)


def load_weights(model: nn.Module, path: str) -> nn.Module:
    """The same model with the weights from the file, in evaluation mode."""
    model.load_state_dict(torch.load(path))
    model.train(False)
    return model


# %% wrong="logged_run: parameters are not watched, and every thousandth batch; breaks: gradients and parameters, log all, every ten batches"
def logged_run(wandb, model, loader, loss_func, lr: float, epochs: int) -> None:
    """Trains in place with SGD and logs the run."""
    wandb.init(project="digits", config={"lr": lr, "epochs": epochs})
    wandb.watch(model, loss_func, log="gradients")
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


# %% wrong="logged_run: logs the loss with its graph; breaks: as plain numbers"
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
            wandb.log({"epoch": epoch, "loss": loss})
    wandb.finish()


def save_weights(model: nn.Module, path: str) -> None:
    """Writes the state dict into a file."""
    torch.save(model.state_dict(), path)


def load_weights(model: nn.Module, path: str) -> nn.Module:
    """The same model with the weights from the file, in evaluation mode."""
    model.load_state_dict(torch.load(path))
    model.eval()
    return model


# %% wrong="logged_run: saves the whole model object; breaks: writes the state dict into a file"
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
    torch.save(model, path)


def load_weights(model: nn.Module, path: str) -> nn.Module:
    """The same model with the weights from the file, in evaluation mode."""
    model.load_state_dict(torch.load(path, weights_only=False).state_dict())
    model.eval()
    return model


# %% wrong="logged_run: a copy gets the weights; breaks: load_weights returns the same model"
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
    import copy

    model = copy.deepcopy(model)
    model.load_state_dict(torch.load(path))
    model.eval()
    return model


# %% wrong="logged_run: the configuration lacks the epochs; breaks: a dictionary with lr and epochs"
def logged_run(wandb, model, loader, loss_func, lr: float, epochs: int) -> None:
    """Trains in place with SGD and logs the run."""
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
    """Writes the state dict into a file."""
    torch.save(model.state_dict(), path)


def load_weights(model: nn.Module, path: str) -> nn.Module:
    """The same model with the weights from the file, in evaluation mode."""
    model.load_state_dict(torch.load(path))
    model.eval()
    return model


# %% right="clip_gradients: list of gradients first, then one factor"
def clip_gradients(params, limit: float) -> float:
    """Scales the gradients in place so that their joint norm is at most limit; returns the norm before."""
    gradients = [p.grad for p in params]
    norm = sum(g.norm().item() ** 2 for g in gradients) ** 0.5
    if norm > limit:
        for g in gradients:
            g.mul_(limit / norm)
    return norm


# %% right="clip_gradients: PyTorch has it"
def clip_gradients(params, limit: float) -> float:
    params = list(params)
    norm = torch.cat([p.grad.flatten() for p in params]).norm()
    if norm > limit:
        nn.utils.clip_grad_norm_(params, limit)
    return norm.item()


# %% right="clip_gradients: stacked norms, factor capped at one, no clipping branch"
def clip_gradients(params, limit: float) -> float:
    params = tuple(params)
    before = math.hypot(*(float(torch.linalg.vector_norm(p.grad)) for p in params))
    factor = min(1.0, limit / before) if before > 0 else 1.0
    for p in params:
        p.grad *= factor
    return before


# %% wrong="clip_gradients: walks through params twice, a generator is empty by then; breaks: it can be walked through only once"
def clip_gradients(params, limit: float) -> float:
    """Scales the gradients in place so that their joint norm is at most limit; returns the norm before."""
    norm = sum(p.grad.norm().item() ** 2 for p in params) ** 0.5
    if norm > limit:
        for p in params:
            p.grad.mul_(limit / norm)
    return norm


# %% wrong="clip_gradients: always brings the norm to the limit; breaks: leave them alone while they are within the limit"
def clip_gradients(params, limit: float) -> float:
    """Scales the gradients in place so that their joint norm is at most limit; returns the norm before."""
    gradients = [p.grad for p in params]
    norm = sum(g.norm().item() ** 2 for g in gradients) ** 0.5
    for g in gradients:
        g.mul_(limit / max(norm, 1e-12))
    return norm


# %% wrong="clip_gradients: new tensors as gradients; breaks: change the gradients in place"
def clip_gradients(params, limit: float) -> float:
    """Scales the gradients in place so that their joint norm is at most limit; returns the norm before."""
    params = list(params)
    gradients = [p.grad for p in params]
    norm = sum(g.norm().item() ** 2 for g in gradients) ** 0.5
    if norm > limit:
        for p in params:
            p.grad = p.grad * (limit / norm)
    return norm


# %% wrong="clip_gradients: adds up the entries of a gradient before the square; breaks: the joint norm (gradients of several entries)"
def clip_gradients(params, limit: float) -> float:
    """Scales the gradients in place so that their joint norm is at most limit; returns the norm before."""
    gradients = [p.grad for p in params]
    norm = sum(g.sum().item() ** 2 for g in gradients) ** 0.5
    if norm > limit:
        for g in gradients:
            g.mul_(limit / norm)
    return norm


# %% wrong="clip_gradients: cuts every entry at the limit share, clamp by the largest allowed entry; breaks: leaves its direction as it is"
def clip_gradients(params, limit: float) -> float:
    """Scales the gradients in place so that their joint norm is at most limit; returns the norm before."""
    gradients = [p.grad for p in params]
    norm = sum(g.norm().item() ** 2 for g in gradients) ** 0.5
    if norm > limit:
        for g in gradients:
            g.mul_(limit / norm) if g.numel() == 1 else g.clamp_(-limit / norm, limit / norm)
    return norm
