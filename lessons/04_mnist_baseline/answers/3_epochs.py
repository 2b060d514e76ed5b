# Answers to the exercises of 3_epochs.py, right and wrong: what `course audit` grades. No student sees them.

# %% right="train_epoch: through .data"
def calc_grad(xb, yb, model, loss_func):
    loss = loss_func(model(xb), yb)
    loss.backward()
    return loss.item()


def train_epoch(model, loss_func, loader, params, lr):
    losses = []
    for xb, yb in loader:
        losses.append(calc_grad(xb, yb, model, loss_func))
        for p in params:
            p.data -= p.grad * lr
            p.grad = None
    return losses


# %% right="train_epoch: inference mode off, gradients cleared in a loop of their own"
def calc_grad(xb, yb, model, loss_func):
    scores = model(xb)
    loss = loss_func(scores, yb)
    loss.backward()
    return float(loss.detach())


def train_epoch(model, loss_func, loader, params, lr):
    losses = []
    for batch in loader:
        losses.append(calc_grad(*batch, model, loss_func))
        with torch.set_grad_enabled(False):
            for p in params:
                p.add_(p.grad, alpha=-lr)
        for p in params:
            p.grad.detach_().zero_()
    return losses


# %% wrong="train_epoch: never clears the gradients"
def calc_grad(xb, yb, model, loss_func):
    scores = model(xb)
    loss = loss_func(scores, yb)
    loss.backward()
    return loss.item()


def train_epoch(model, loss_func, loader, params, lr):
    losses = []
    for xb, yb in loader:
        losses.append(calc_grad(xb, yb, model, loss_func))
        with torch.no_grad():
            for p in params:
                p -= lr * p.grad
    return losses


# %% wrong="train_epoch: clears the parameter instead of its gradient"
def calc_grad(xb, yb, model, loss_func):
    scores = model(xb)
    loss = loss_func(scores, yb)
    loss.backward()
    return loss.item()


def train_epoch(model, loss_func, loader, params, lr):
    losses = []
    for xb, yb in loader:
        losses.append(calc_grad(xb, yb, model, loss_func))
        with torch.no_grad():
            for p in params:
                p -= lr * p.grad
                p.zero_()
    return losses


# %% wrong="train_epoch: forgets the learning rate"
def calc_grad(xb, yb, model, loss_func):
    scores = model(xb)
    loss = loss_func(scores, yb)
    loss.backward()
    return loss.item()


def train_epoch(model, loss_func, loader, params, lr):
    losses = []
    for xb, yb in loader:
        losses.append(calc_grad(xb, yb, model, loss_func))
        with torch.no_grad():
            for p in params:
                p -= p.grad
                p.grad.zero_()
    return losses


# %% wrong="train_epoch: records the step for autograd"
def calc_grad(xb, yb, model, loss_func):
    scores = model(xb)
    loss = loss_func(scores, yb)
    loss.backward()
    return loss.item()


def train_epoch(model, loss_func, loader, params, lr):
    losses = []
    for xb, yb in loader:
        losses.append(calc_grad(xb, yb, model, loss_func))
        with torch.enable_grad():
            for p in params:
                p -= lr * p.grad
                p.grad.zero_()
    return losses


# %% equivalent="validate_epoch: whole or not, zero is zero"
# - total, rows = (0.0, 0)
# + total, rows = (0, 0.0)

# %% equivalent="validate_epoch: a score of exactly zero says neither"
# - return ((scores > 0) == (labels == 1)).float().mean()
# + return ((scores >= 0) == (labels == 1)).float().mean()


# %% right="validate_epoch: through the sigmoid, with a decorator"
def batch_accuracy(scores, labels):
    return ((scores.sigmoid() > 0.5).float() == labels).float().mean()


@torch.no_grad()
def validate_epoch(model, loader, metric):
    parts = [(metric(model(xb), yb), len(yb)) for xb, yb in loader]
    return float(sum(value * n for value, n in parts) / sum(n for _, n in parts))


# %% right="validate_epoch: weights as a tensor"
def batch_accuracy(scores, labels):
    return torch.where(labels == 1, scores > 0, scores <= 0).float().mean().item()


def validate_epoch(model, loader, metric):
    with torch.inference_mode():
        values, sizes = zip(*[(metric(model(xb), yb), len(xb)) for xb, yb in loader], strict=True)
    weights = torch.tensor(sizes) / sum(sizes)
    return (torch.tensor([float(value) for value in values]) * weights).sum().item()


# %% right="validate_epoch: all the rows at once"
def batch_accuracy(scores, labels):
    return (scores.sigmoid().round() == labels).double().mean()


def validate_epoch(model, loader, metric):
    with torch.no_grad():
        scores, labels = zip(*[(model(xb), yb) for xb, yb in loader], strict=True)
        return metric(torch.cat(scores), torch.cat(labels)).item()


# %% wrong="validate_epoch: plain mean of the batches"
def batch_accuracy(scores, labels):
    return ((scores > 0) == (labels == 1)).float().mean()


def validate_epoch(model, loader, metric):
    with torch.no_grad():
        values = [float(metric(model(xb), yb)) for xb, yb in loader]
    return sum(values) / len(values)


# %% wrong="validate_epoch: a threshold of one half for scores"
def batch_accuracy(scores, labels):
    return ((scores > 0.5) == (labels == 1)).float().mean()


def validate_epoch(model, loader, metric):
    with torch.no_grad():
        parts = [(float(metric(model(xb), yb)), len(xb)) for xb, yb in loader]
    return sum(value * n for value, n in parts) / sum(n for _, n in parts)


# %% wrong="validate_epoch: records gradients"
def batch_accuracy(scores, labels):
    return ((scores > 0) == (labels == 1)).float().mean()


def validate_epoch(model, loader, metric):
    parts = [(float(metric(model(xb), yb)), len(xb)) for xb, yb in loader]
    return sum(value * n for value, n in parts) / sum(n for _, n in parts)


# %% wrong="validate_epoch: only the last batch"
def batch_accuracy(scores, labels):
    return ((scores > 0) == (labels == 1)).float().mean()


def validate_epoch(model, loader, metric):
    with torch.no_grad():
        for xb, yb in loader:
            value = float(metric(model(xb), yb))
    return value


# %% wrong="train_epoch: losses that hold their graphs"
def calc_grad(xb, yb, model, loss_func):
    loss = loss_func(model(xb), yb)
    loss.backward()
    return loss


def train_epoch(model, loss_func, loader, params, lr):
    losses = []
    for xb, yb in loader:
        losses.append(calc_grad(xb, yb, model, loss_func))
        with torch.no_grad():
            for p in params:
                p -= lr * p.grad
                p.grad.zero_()
    return losses


# %% wrong="train_epoch: moves the first parameter only"
def calc_grad(xb, yb, model, loss_func):
    loss = loss_func(model(xb), yb)
    loss.backward()
    return loss.item()


def train_epoch(model, loss_func, loader, params, lr):
    losses = []
    for xb, yb in loader:
        losses.append(calc_grad(xb, yb, model, loss_func))
        with torch.no_grad():
            for p in params:
                if p is params[0]:
                    p -= lr * p.grad
                p.grad.zero_()
    return losses


# %% wrong="train_epoch: a rate of its own"
def calc_grad(xb, yb, model, loss_func):
    loss = loss_func(model(xb), yb)
    loss.backward()
    return loss.item()


def train_epoch(model, loss_func, loader, params, lr):
    losses = []
    for xb, yb in loader:
        losses.append(calc_grad(xb, yb, model, loss_func))
        with torch.no_grad():
            for p in params:
                p -= 0.1 * p.grad
                p.grad.zero_()
    return losses


# %% wrong="train_epoch: leaves gradients off"
def calc_grad(xb, yb, model, loss_func):
    torch.set_grad_enabled(True)
    loss = loss_func(model(xb), yb)
    loss.backward()
    return loss.item()


def train_epoch(model, loss_func, loader, params, lr):
    losses = []
    for xb, yb in loader:
        losses.append(calc_grad(xb, yb, model, loss_func))
        torch.set_grad_enabled(False)
        for p in params:
            p -= lr * p.grad
            p.grad.zero_()
    return losses


# %% right="train_epoch: clears before each batch"
def calc_grad(xb, yb, model, loss_func):
    loss = loss_func(model(xb), yb)
    loss.backward()
    return loss.item()


def train_epoch(model, loss_func, loader, params, lr):
    losses = []
    for xb, yb in loader:
        for p in params:
            p.grad = None
        losses.append(calc_grad(xb, yb, model, loss_func))
        with torch.no_grad():
            for p in params:
                p.sub_(lr * p.grad)
    return losses


# %% wrong="validate_epoch: divides by the length of the data set, of which a loader may drop some"
def batch_accuracy(scores, labels):
    return ((scores > 0) == (labels > 0.5)).float().mean()


def validate_epoch(model, loader, metric):
    total = 0.0
    with torch.no_grad():
        for xb, yb in loader:
            total += metric(model(xb), yb).item() * len(xb)
    return total / len(loader.dataset)


# %% right="validate_epoch: evaluation mode first"
def batch_accuracy(scores, labels):
    return ((scores > 0) == (labels == 1)).float().mean()


def validate_epoch(model, loader, metric):
    model.eval()
    total, rows = 0.0, 0
    with torch.no_grad():
        for xb, yb in loader:
            total += metric(model(xb), yb) * xb.shape[0]
            rows += xb.shape[0]
    return (total / rows).item()


# %% wrong="validate_epoch: gradients stay off"
def batch_accuracy(scores, labels):
    return ((scores > 0) == (labels == 1)).float().mean()


def validate_epoch(model, loader, metric):
    torch.set_grad_enabled(False)
    parts = [(float(metric(model(xb), yb)), len(xb)) for xb, yb in loader]
    return sum(value * n for value, n in parts) / sum(n for _, n in parts)


# %% wrong="validate_epoch: returns a tensor"
def batch_accuracy(scores, labels):
    return ((scores > 0) == (labels == 1)).float().mean()


def validate_epoch(model, loader, metric):
    with torch.no_grad():
        parts = [(metric(model(xb), yb), len(xb)) for xb, yb in loader]
    return sum(value * n for value, n in parts) / sum(n for _, n in parts)


# %% wrong="validate_epoch: looks at high scores only"
def batch_accuracy(scores, labels):
    return (scores > 0)[labels == 1].float().mean()


def validate_epoch(model, loader, metric):
    with torch.no_grad():
        parts = [(float(metric(model(xb), yb)), len(xb)) for xb, yb in loader]
    return sum(value * n for value, n in parts) / sum(n for _, n in parts)


# %% wrong="train_epoch: steps for all parameters of the model"
def calc_grad(xb, yb, model, loss_func):
    loss = loss_func(model(xb), yb)
    loss.backward()
    return loss.item()


def train_epoch(model, loss_func, loader, params, lr):
    losses = []
    params = list(model.parameters()) if hasattr(model, "parameters") else params[:2]
    for xb, yb in loader:
        losses.append(calc_grad(xb, yb, model, loss_func))
        with torch.no_grad():
            for p in params:
                p -= lr * p.grad
                p.grad.zero_()
    return losses


# %% wrong="train_epoch: walks through the data set and not through the loader"
def calc_grad(xb, yb, model, loss_func):
    loss = loss_func(model(xb), yb)
    loss.backward()
    return loss.item()


def train_epoch(model, loss_func, loader, params, lr):
    losses = []
    x, y = loader.dataset.tensors
    for xb, yb in zip(x.split(loader.batch_size), y.split(loader.batch_size)):
        losses.append(calc_grad(xb, yb, model, loss_func))
        with torch.no_grad():
            for p in params:
                p -= lr * p.grad
                p.grad.zero_()
    return losses


# %% wrong="validate_epoch: scores and labels change places"
def batch_accuracy(scores, labels):
    return ((scores > 0) == (labels == 1)).float().mean()


def validate_epoch(model, loader, metric):
    total, rows = 0.0, 0
    with torch.no_grad():
        for xb, yb in loader:
            total += float(metric(yb, model(xb))) * len(xb)
            rows += len(xb)
    return total / rows


# %% wrong="validate_epoch: a border a little above zero"
def batch_accuracy(scores, labels):
    return ((scores > 0.01) == (labels == 1)).float().mean()


def validate_epoch(model, loader, metric):
    total, rows = 0.0, 0
    with torch.no_grad():
        for xb, yb in loader:
            total += float(metric(model(xb), yb)) * len(xb)
            rows += len(xb)
    return total / rows


# %% right="BasicOptim: a tuple, .data and zero_"
class BasicOptim:
    def __init__(self, params, lr):
        self.params = tuple(params)
        self.lr = lr

    def step(self):
        for p in self.params:
            if p.grad is None:
                continue
            p.data.sub_(p.grad.data * self.lr)

    def zero_grad(self):
        for p in self.params:
            if p.grad is not None:
                p.grad.detach_().zero_()


# %% right="BasicOptim: a decorator"
class BasicOptim:
    def __init__(self, params, lr):
        self.params, self.lr = [*params], lr

    @torch.no_grad()
    def step(self):
        for p in filter(lambda p: p.grad is not None, self.params):
            p.add_(p.grad, alpha=-self.lr)

    def zero_grad(self):
        for p in self.params:
            p.grad = None


# %% wrong="BasicOptim: keeps the generator"
class BasicOptim:
    def __init__(self, params, lr):
        self.params, self.lr = params, lr

    def step(self):
        with torch.no_grad():
            for p in self.params:
                if p.grad is not None:
                    p -= self.lr * p.grad

    def zero_grad(self):
        for p in self.params:
            p.grad = None


# %% wrong="BasicOptim: stumbles over a missing gradient"
class BasicOptim:
    def __init__(self, params, lr):
        self.params, self.lr = list(params), lr

    def step(self):
        with torch.no_grad():
            for p in self.params:
                p -= self.lr * p.grad

    def zero_grad(self):
        for p in self.params:
            p.grad = None


# %% wrong="BasicOptim: rebinds the loop variable"
class BasicOptim:
    def __init__(self, params, lr):
        self.params, self.lr = list(params), lr

    def step(self):
        with torch.no_grad():
            for p in self.params:
                if p.grad is not None:
                    p = p - self.lr * p.grad

    def zero_grad(self):
        for p in self.params:
            p.grad = None


# %% wrong="BasicOptim: zero_grad zeroes a copy"
class BasicOptim:
    def __init__(self, params, lr):
        self.params, self.lr = list(params), lr

    def step(self):
        with torch.no_grad():
            for p in self.params:
                if p.grad is not None:
                    p -= self.lr * p.grad

    def zero_grad(self):
        for p in self.params:
            if p.grad is not None:
                p.grad.clone().zero_()


# %% right="BasicOptim: zero_grad as in train_epoch"
class BasicOptim:
    def __init__(self, params, lr):
        self.params, self.lr = list(params), lr

    def step(self):
        with torch.no_grad():
            for p in self.params:
                if p.grad is not None:
                    p -= self.lr * p.grad

    def zero_grad(self):
        for p in self.params:
            p.grad.zero_()


# %% wrong="BasicOptim: step throws the gradients away"
class BasicOptim:
    def __init__(self, params, lr):
        self.params, self.lr = list(params), lr

    def step(self):
        with torch.no_grad():
            for p in self.params:
                if p.grad is not None:
                    p -= self.lr * p.grad
                    p.grad = None

    def zero_grad(self):
        for p in self.params:
            p.grad = None


# %% wrong="BasicOptim: moves the first parameter only"
class BasicOptim:
    def __init__(self, params, lr):
        self.params, self.lr = list(params), lr

    def step(self):
        with torch.no_grad():
            self.params[0] -= self.lr * self.params[0].grad

    def zero_grad(self):
        for p in self.params:
            p.grad = None


# %% wrong="BasicOptim: one parameter of each shape"
class BasicOptim:
    def __init__(self, params, lr):
        self.params, self.lr = list({p.shape: p for p in params}.values()), lr

    def step(self):
        with torch.no_grad():
            for p in self.params:
                if p.grad is not None:
                    p -= self.lr * p.grad

    def zero_grad(self):
        for p in self.params:
            p.grad = None


# %% wrong="BasicOptim: steps of one length, by the sign of the gradient"
class BasicOptim:
    def __init__(self, params, lr):
        self.params, self.lr = list(params), lr

    def step(self):
        with torch.no_grad():
            for p in self.params:
                if p.grad is not None:
                    p -= self.lr * p.grad.sign()

    def zero_grad(self):
        for p in self.params:
            p.grad = None


# %% wrong="BasicOptim: clears by multiplying with zero"
class BasicOptim:
    def __init__(self, params, lr):
        self.params, self.lr = list(params), lr

    def step(self):
        with torch.no_grad():
            for p in self.params:
                if p.grad is not None:
                    p -= self.lr * p.grad

    def zero_grad(self):
        for p in self.params:
            if p.grad is not None:
                p.grad = p.grad * 0


# %% wrong="BasicOptim: slopes of at most a hundred"
class BasicOptim:
    def __init__(self, params, lr):
        self.params, self.lr = list(params), lr

    def step(self):
        with torch.no_grad():
            for p in self.params:
                if p.grad is not None:
                    p -= self.lr * p.grad.clamp(-100, 100)

    def zero_grad(self):
        for p in self.params:
            p.grad = None
