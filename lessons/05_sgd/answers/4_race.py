# Answers to the exercises of 4_race.py, right and wrong: what `course audit` grades. No student sees them.

# %% equivalent="schedules: at the peak itself both halves give the top"
# - if t < peak:
# + if t <= peak:

# %% equivalent="schedules: the cosine is the same for both signs"
# - return cosine_rate(t - peak, top, total - 1 - peak, top / 250000)
# + return cosine_rate(peak - t, top, total - 1 - peak, top / 250000)

# %% equivalent="schedules: the cosine is the same for both signs of the length"
# - return cosine_rate(t - peak, top, total - 1 - peak, top / 250000)
# + return cosine_rate(t - peak, top, peak - (total - 1), top / 250000)

# %% equivalent="schedules: four millionths more of almost nothing, below single precision"
# - return cosine_rate(t - peak, top, total - 1 - peak, top / 250000)
# + return cosine_rate(t - peak, top, total - 1 - peak, top / 250001)

# %% equivalent="schedules: four millionths less of almost nothing, below single precision"
# - return cosine_rate(t - peak, top, total - 1 - peak, top / 250000)
# + return cosine_rate(t - peak, top, total - 1 - peak, top / 249999)

# %% right="schedules: loops, and a straight mix of the two ends"
def step_rate(t, lr, size, gamma):
    for _ in range(size, t + 1, size):
        lr *= gamma
    return lr


def exponential_rate(t, lr, gamma):
    for _ in range(t):
        lr = lr * gamma
    return lr


def cosine_rate(t, lr, total, lowest=0.0):
    share = 0.5 - 0.5 * math.cos(math.pi * t / total)
    return (1 - share) * lr + share * lowest


def one_cycle_rate(t, top, total):
    peak = 0.3 * total - 1
    if t <= peak:
        share = 0.5 - 0.5 * math.cos(math.pi * t / peak)
        return top * (1 / 25 + (1 - 1 / 25) * share)
    share = 0.5 + 0.5 * math.cos(math.pi * (t - peak) / (0.7 * total))
    return top * (1 / 250_000 + (1 - 1 / 250_000) * share)


# %% right="schedules: asks torch"
def step_rate(t, lr, size, gamma):
    return lr * math.pow(gamma, math.floor(t / size))


def exponential_rate(t, lr, gamma):
    return lr * math.exp(t * math.log(gamma))


def cosine_rate(t, lr, total, lowest=0.0):
    angle = torch.tensor(math.pi * t / total, dtype=torch.float64)
    return lowest + 0.5 * (lr - lowest) * (1 + torch.cos(angle))


def one_cycle_rate(t, top, total):
    opt = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(opt, top, total_steps=total, cycle_momentum=False)
    for _ in range(t):
        opt.step()
        scheduler.step()
    return scheduler.get_last_lr()[0]


# %% right="schedules: numpy"
import numpy as np


def step_rate(t, lr, size, gamma):
    return lr * np.power(gamma, np.floor_divide(t, size))


def exponential_rate(t, lr, gamma):
    return np.float64(lr) * gamma**t


def cosine_rate(t, lr, total, lowest=0.0):
    return np.cos(np.pi * t / total) * (lr - lowest) / 2 + (lr + lowest) / 2


def one_cycle_rate(t, top, total):
    up = 0.3 * total - 1
    down = total - 1 - up
    if t > up:
        return cosine_rate(t - up, top, down, top / 25 / 10000)
    return cosine_rate(up - t, top, up, top / 25)


# %% wrong="schedules: stairs without stairs"
def step_rate(t, lr, size, gamma):
    return lr * gamma ** (t / size)


def exponential_rate(t, lr, gamma):
    return lr * gamma**t


def cosine_rate(t, lr, total, lowest=0.0):
    return lowest + (lr - lowest) * (1 + math.cos(math.pi * t / total)) / 2


def one_cycle_rate(t, top, total):
    peak = 0.3 * total - 1
    if t < peak:
        return cosine_rate(t, top / 25, peak, top)
    return cosine_rate(t - peak, top, total - 1 - peak, top / 250_000)


# %% wrong="schedules: counts from one"
def step_rate(t, lr, size, gamma):
    return lr * gamma ** ((t + 1) // size)


def exponential_rate(t, lr, gamma):
    return lr * gamma ** (t + 1)


def cosine_rate(t, lr, total, lowest=0.0):
    return lowest + (lr - lowest) * (1 + math.cos(math.pi * t / total)) / 2


def one_cycle_rate(t, top, total):
    peak = 0.3 * total - 1
    if t < peak:
        return cosine_rate(t, top / 25, peak, top)
    return cosine_rate(t - peak, top, total - 1 - peak, top / 250_000)


# %% wrong="schedules: a whole wave"
def step_rate(t, lr, size, gamma):
    return lr * gamma ** (t // size)


def exponential_rate(t, lr, gamma):
    return lr * gamma**t


def cosine_rate(t, lr, total, lowest=0.0):
    return lowest + (lr - lowest) * (1 + math.cos(2 * math.pi * t / total)) / 2


def one_cycle_rate(t, top, total):
    peak = 0.3 * total - 1
    if t < peak:
        return cosine_rate(t, top / 25, peak, top)
    return cosine_rate(t - peak, top, total - 1 - peak, top / 250_000)


# %% wrong="schedules: one cycle that peaks one step late and ends one late"
def step_rate(t, lr, size, gamma):
    return lr * gamma ** (t // size)


def exponential_rate(t, lr, gamma):
    return lr * gamma**t


def cosine_rate(t, lr, total, lowest=0.0):
    return lowest + (lr - lowest) * (1 + math.cos(math.pi * t / total)) / 2


def one_cycle_rate(t, top, total):
    peak = 0.3 * total
    if t < peak:
        return cosine_rate(t, top / 25, peak, top)
    return cosine_rate(t - peak, top, total - peak, top / 250_000)


# %% wrong="schedules: lowest added on top"
def step_rate(t, lr, size, gamma):
    return lr * gamma ** (t // size)


def exponential_rate(t, lr, gamma):
    return lr * gamma**t


def cosine_rate(t, lr, total, lowest=0.0):
    return lowest + lr * (1 + math.cos(math.pi * t / total)) / 2


def one_cycle_rate(t, top, total):
    return cosine_rate(t, top, total - 1, top / 250_000)


# %% wrong="schedules: stairs of at least two steps"
def step_rate(t, lr, size, gamma):
    return lr * gamma ** (t // max(size, 2))


def exponential_rate(t, lr, gamma):
    return lr * gamma**t


def cosine_rate(t, lr, total, lowest=0.0):
    return lowest + (lr - lowest) * (1 + math.cos(math.pi * t / total)) / 2


def one_cycle_rate(t, top, total):
    peak = 0.3 * total - 1
    if t < peak:
        return cosine_rate(t, top / 25, peak, top)
    return cosine_rate(t - peak, top, total - 1 - peak, top / 250_000)


# %% wrong="schedules: the cosine never rises, and the peak is a whole step"
def step_rate(t, lr, size, gamma):
    return lr * gamma ** (t // size)


def exponential_rate(t, lr, gamma):
    return lr * gamma**t


def cosine_rate(t, lr, total, lowest=0.0):
    return max(lowest, lowest + (lr - lowest) * (1 + math.cos(math.pi * t / total)) / 2)


def one_cycle_rate(t, top, total):
    peak = round(0.3 * total) - 1
    if t < peak:
        return top + (top / 25 - top) * (1 + math.cos(math.pi * t / peak)) / 2
    return cosine_rate(t - peak, top, total - 1 - peak, top / 250_000)


# %% wrong="schedules: one cycle that ends at zero"
def step_rate(t, lr, size, gamma):
    return lr * gamma ** (t // size)


def exponential_rate(t, lr, gamma):
    return lr * gamma**t


def cosine_rate(t, lr, total, lowest=0.0):
    return lowest + (lr - lowest) * (1 + math.cos(math.pi * t / total)) / 2


def one_cycle_rate(t, top, total):
    peak = 0.3 * total - 1
    if t < peak:
        return cosine_rate(t, 0.0, peak, top)
    return cosine_rate(t - peak, top, total - 1 - peak, 0.0)


# %% wrong="schedules: the cosine never rises above where it began"
def step_rate(t, lr, size, gamma):
    return lr * gamma ** (t // size)


def exponential_rate(t, lr, gamma):
    return lr * gamma**t


def cosine_rate(t, lr, total, lowest=0.0):
    return lowest + max(0.0, lr - lowest) * (1 + math.cos(math.pi * t / total)) / 2


def one_cycle_rate(t, top, total):
    peak = 0.3 * total - 1
    if t < peak:
        return top / 25 + (top - top / 25) * (1 - math.cos(math.pi * t / peak)) / 2
    return cosine_rate(t - peak, top, total - 1 - peak, top / 250_000)


# %% wrong="schedules: the steps of a cosine are cut to whole numbers"
def step_rate(t, lr, size, gamma):
    return lr * gamma ** (t // size)


def exponential_rate(t, lr, gamma):
    return lr * gamma**t


def cosine_rate(t, lr, total, lowest=0.0):
    return lowest + (lr - lowest) * (1 + math.cos(math.pi * int(t) / int(total))) / 2


def one_cycle_rate(t, top, total):
    peak = 0.3 * total - 1
    if t < peak:
        return top + (top / 25 - top) * (1 + math.cos(math.pi * t / peak)) / 2
    low = top / 250_000
    return low + (top - low) * (1 + math.cos(math.pi * (t - peak) / (total - 1 - peak))) / 2


# %% wrong="schedules: the cycle ends at zero"
def step_rate(t, lr, size, gamma):
    return lr * gamma ** (t // size)


def exponential_rate(t, lr, gamma):
    return lr * gamma**t


def cosine_rate(t, lr, total, lowest=0.0):
    return lowest + (lr - lowest) * (1 + math.cos(math.pi * t / total)) / 2


def one_cycle_rate(t, top, total):
    peak = 0.3 * total - 1
    if t < peak:
        return cosine_rate(t, top / 25, peak, top)
    return cosine_rate(t - peak, top, total - 1 - peak)


# %% wrong="schedules: after ten stairs the rate stays"
def step_rate(t, lr, size, gamma):
    return lr * gamma ** min(t // size, 10)


def exponential_rate(t, lr, gamma):
    return lr * gamma**t


def cosine_rate(t, lr, total, lowest=0.0):
    return lowest + (lr - lowest) * (1 + math.cos(math.pi * t / total)) / 2


def one_cycle_rate(t, top, total):
    peak = 0.3 * total - 1
    if t < peak:
        return cosine_rate(t, top / 25, peak, top)
    return cosine_rate(t - peak, top, total - 1 - peak, top / 250_000)


# %% right="fit_on_schedule: writes into the parameter groups"
def fit_on_schedule(model, loader, loss_func, lr, epochs):
    opt = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    rates = []
    for epoch in range(epochs):
        for group in opt.param_groups:
            group["lr"] = lr * 0.5 ** (epoch // 3)
        for xb, yb in loader:
            opt.zero_grad()
            loss_func(model(xb), yb).backward()
            opt.step()
        rates.append(opt.param_groups[0]["lr"])
    return rates


# %% right="fit_on_schedule: by a LambdaLR"
def fit_on_schedule(model, loader, loss_func, lr, epochs):
    opt = torch.optim.SGD(model.parameters(), lr, 0.9)
    scheduler = torch.optim.lr_scheduler.LambdaLR(opt, lambda epoch: 2.0 ** -(epoch // 3))
    rates = []
    for _ in range(epochs):
        rates += scheduler.get_last_lr()
        for batch in loader:
            loss = loss_func(model(batch[0]), batch[1])
            loss.backward()
            opt.step()
            opt.zero_grad()
        scheduler.step()
    return rates


# %% wrong="fit_on_schedule: the scheduler ticks after every batch"
def fit_on_schedule(model, loader, loss_func, lr, epochs):
    opt = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.StepLR(opt, step_size=3, gamma=0.5)
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


# %% wrong="fit_on_schedule: no momentum"
def fit_on_schedule(model, loader, loss_func, lr, epochs):
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    scheduler = torch.optim.lr_scheduler.StepLR(opt, step_size=3, gamma=0.5)
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


# %% wrong="fit_on_schedule: ExponentialLR instead of StepLR"
def fit_on_schedule(model, loader, loss_func, lr, epochs):
    opt = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.ExponentialLR(opt, gamma=0.5)
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


# %% wrong="fit_on_schedule: forgets the scheduler's step"
def fit_on_schedule(model, loader, loss_func, lr, epochs):
    opt = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.StepLR(opt, step_size=3, gamma=0.5)
    rates = []
    for _ in range(epochs):
        rates.append(scheduler.get_last_lr()[0])
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
    return rates


# %% wrong="fit_on_schedule: only the scheduler steps"
def fit_on_schedule(model, loader, loss_func, lr, epochs):
    opt = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.StepLR(opt, step_size=3, gamma=0.5)
    rates = []
    for _ in range(epochs):
        rates.append(scheduler.get_last_lr()[0])
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
        scheduler.step()
    return rates


# %% right="batch_noise: from the covariance"
def batch_noise(gradients, size):
    n = len(gradients)
    return torch.trace(torch.atleast_2d(torch.cov(gradients.T))) * (n - size) / (n * size)


# %% right="batch_noise: by sums"
def batch_noise(gradients, size):
    n = gradients.shape[0]
    total = sum(float(((row - gradients.mean(0)) ** 2).sum()) for row in gradients)
    return total / (n - 1) / size * (1 - size / n)


# %% right="batch_noise: tries all batches, single precision"
def batch_noise(gradients, size):
    g = gradients.float()
    n = g.shape[0]
    centre = g.mean(dim=0)
    d = [((g[list(i)].mean(0) - centre) ** 2).sum() for i in itertools.combinations(range(n), size)]
    return sum(d) / len(d)


# %% wrong="batch_noise: drawn with replacement"
def batch_noise(gradients, size):
    return (gradients.var(dim=0).sum() / size).item()


# %% wrong="batch_noise: divides by n"
def batch_noise(gradients, size):
    return (gradients.var(dim=0, correction=0).sum() / size * (1 - size / len(gradients))).item()


# %% wrong="batch_noise: the standard deviation"
def batch_noise(gradients, size):
    return (gradients.std(dim=0).sum() / size**0.5 * (1 - size / len(gradients))).item()


# %% wrong="batch_noise: mean over the parameters"
def batch_noise(gradients, size):
    return (gradients.var(dim=0).mean() / size * (1 - size / len(gradients))).item()


# %% wrong="batch_noise: one variance for the whole table"
def batch_noise(gradients, size):
    return (gradients.var() * gradients.shape[1] / size * (1 - size / len(gradients))).item()


# %% wrong="fit_on_schedule: six ticks of two batches"
def fit_on_schedule(model, loader, loss_func, lr, epochs):
    opt = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.StepLR(opt, step_size=6, gamma=0.5)
    rates = []
    for _ in range(epochs):
        rates.append(scheduler.get_last_lr()[0])
        for xb, yb in loader:
            opt.zero_grad()
            loss_func(model(xb), yb).backward()
            opt.step()
            scheduler.step()
    return rates


# %% wrong="fit_on_schedule: Nesterov's momentum"
def fit_on_schedule(model, loader, loss_func, lr, epochs):
    opt = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9, nesterov=True)
    scheduler = torch.optim.lr_scheduler.StepLR(opt, step_size=3, gamma=0.5)
    rates = []
    for _ in range(epochs):
        rates.append(scheduler.get_last_lr()[0])
        for xb, yb in loader:
            opt.zero_grad()
            loss_func(model(xb), yb).backward()
            opt.step()
        scheduler.step()
    return rates


# %% right="fit_on_schedule: clears after the step, reads the rate from the optimiser"
def fit_on_schedule(model, loader, loss_func, lr, epochs):
    opt = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.MultiStepLR(opt, list(range(3, epochs + 1, 3)), gamma=0.5)
    rates = []
    for epoch in range(epochs):
        rates.append(opt.param_groups[0]["lr"])
        for batch in loader:
            loss_func(model(batch[0]), batch[1]).backward()
            opt.step()
            opt.zero_grad()
        scheduler.step()
    return rates


# %% right="batch_noise: the mean as a product with one nth"
def batch_noise(gradients, size):
    n = len(gradients)
    centre = torch.full((n,), 1 / n) @ gradients
    return float(((gradients - centre) ** 2).sum() / (n - 1) / size * (1 - size / n))


# %% wrong="batch_noise: centres the gradients that it was given"
def batch_noise(gradients, size):
    gradients -= gradients.mean(0)
    n = len(gradients)
    return (gradients.square().sum() / (n - 1) / size * (1 - size / n)).item()


# %% wrong="batch_noise: the law of large tables, without the bracket below one half"
def batch_noise(gradients, size):
    n = len(gradients)
    share = 1 - size / n if size > n / 2 else 1.0
    return (gradients.var(dim=0).sum() / size * share).item()


# %% wrong="fit_on_schedule: overwrites the rows that it has trained on"
def fit_on_schedule(model, loader, loss_func, lr, epochs):
    opt = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.StepLR(opt, step_size=3, gamma=0.5)
    x, y = loader.dataset.tensors
    rates = []
    for _ in range(epochs):
        rates.append(scheduler.get_last_lr()[0])
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
        scheduler.step()
    y.zero_()
    return rates


# %% wrong="fit_on_schedule: milestones up to epoch fifteen"
def fit_on_schedule(model, loader, loss_func, lr, epochs):
    opt = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.MultiStepLR(opt, [3, 6, 9, 12, 15], gamma=0.5)
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


# %% wrong="fit_on_schedule: always the squared error"
def fit_on_schedule(model, loader, loss_func, lr, epochs):
    opt = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.StepLR(opt, step_size=3, gamma=0.5)
    rates = []
    for _ in range(epochs):
        rates.append(scheduler.get_last_lr()[0])
        for xb, yb in loader:
            loss = F.mse_loss(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
        scheduler.step()
    return rates


# %% wrong="fit_on_schedule: a little weight decay"
def fit_on_schedule(model, loader, loss_func, lr, epochs):
    opt = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9, weight_decay=1e-4)
    scheduler = torch.optim.lr_scheduler.StepLR(opt, step_size=3, gamma=0.5)
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


# %% wrong="batch_noise: the first fifty rows"
def batch_noise(gradients, size):
    gradients = gradients[:50]
    return (gradients.var(dim=0).sum() / size * (1 - size / len(gradients))).item()


# %% right="train_model: clears first, counts rows itself"
def train_model(model, loader, epochs, lr):
    opt = torch.optim.Adam(model.parameters(), lr)
    history = []
    for _ in (bar := tqdm(range(epochs), desc="epochs")):
        model.train()
        total, rows = 0.0, 0
        for xb, yb in loader:
            opt.zero_grad()
            loss = F.cross_entropy(model(xb), yb)
            loss.backward()
            opt.step()
            total, rows = total + float(loss.detach()) * len(yb), rows + len(yb)
        history.append(total / rows)
    return history


@torch.no_grad()
def evaluate(model, loader):
    model.train(False)
    parts = [(model(xb), yb) for xb, yb in loader]
    scores, labels = (torch.cat(part) for part in zip(*parts, strict=True))
    return F.cross_entropy(scores, labels), (scores.max(1).indices == labels).float().mean()


# %% right="train_model: a sum as loss, divided by the rows before backward"
def train_model(model, loader, epochs, lr):
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    loss_func = nn.CrossEntropyLoss(reduction="none")
    history = []
    for _ in tqdm(range(epochs), leave=False):
        model.train()
        losses = []
        for xb, yb in loader:
            each = loss_func(model(xb), yb)
            model.zero_grad()
            each.mean().backward()
            opt.step()
            losses += each.tolist()
        history.append(sum(losses) / len(losses))
    return history


def evaluate(model, loader):
    model.eval()
    losses, hits = [], []
    with torch.inference_mode():
        for xb, yb in loader:
            logs = model(xb).log_softmax(-1)
            losses.append(F.nll_loss(logs, yb, reduction="none"))
            hits.append(logs.argmax(-1).eq(yb).float())
    return torch.cat(losses).mean().item(), torch.cat(hits).mean().item()


# %% right="train_model: whole data at once in evaluate"
def train_model(model, loader, epochs, lr):
    criterion = nn.CrossEntropyLoss(reduction="sum")
    opt = torch.optim.Adam(params=model.parameters(), lr=lr)
    history = []
    for _epoch in tqdm(range(epochs)):
        model.train()
        running = torch.zeros(())
        for _i, (xb, yb) in enumerate(loader):
            opt.zero_grad()
            loss = criterion(model(xb), yb)
            (loss / yb.size(0)).backward()
            opt.step()
            running += loss.detach()
        history.append((running / len(loader.dataset)).item())
    return history


def evaluate(model, loader):
    model.eval()
    x = torch.stack([a for a, b in loader.dataset])
    y = torch.stack([b for a, b in loader.dataset])
    with torch.no_grad():
        z = model(x)
    return nn.CrossEntropyLoss()(z, y), z.argmax(-1).eq(y).double().mean()


# %% wrong="train_model: the mean of the batches"
def train_model(model, loader, epochs, lr):
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    for _ in range(epochs):
        model.train()
        total = 0.0
        for xb, yb in loader:
            loss = F.cross_entropy(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item()
        history.append(total / len(loader))
    return history


def evaluate(model, loader):
    model.eval()
    total, right = 0.0, 0
    with torch.no_grad():
        for xb, yb in loader:
            scores = model(xb)
            total += F.cross_entropy(scores, yb).item()
            right += (scores.argmax(dim=1) == yb).float().mean().item()
    return total / len(loader), right / len(loader)


# %% wrong="train_model: softmax before the cross-entropy"
def train_model(model, loader, epochs, lr):
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    for _ in range(epochs):
        model.train()
        total = 0.0
        for xb, yb in loader:
            loss = F.cross_entropy(model(xb).softmax(1), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(xb)
        history.append(total / len(loader.dataset))
    return history


def evaluate(model, loader):
    model.eval()
    total, right = 0.0, 0
    with torch.no_grad():
        for xb, yb in loader:
            scores = model(xb).softmax(1)
            total += F.cross_entropy(scores, yb, reduction="sum").item()
            right += (scores.argmax(dim=1) == yb).sum().item()
    return total / len(loader.dataset), right / len(loader.dataset)


# %% wrong="train_model: never leaves the mode it finds, and records gradients"
def train_model(model, loader, epochs, lr):
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    for _ in range(epochs):
        total = 0.0
        for xb, yb in loader:
            loss = F.cross_entropy(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(xb)
        history.append(total / len(loader.dataset))
    return history


def evaluate(model, loader):
    total, right = 0.0, 0
    for xb, yb in loader:
        scores = model(xb)
        total += F.cross_entropy(scores, yb, reduction="sum").item()
        right += (scores.argmax(dim=1) == yb).sum().item()
    return total / len(loader.dataset), right / len(loader.dataset)


# %% wrong="train_model: SGD instead of Adam"
def train_model(model, loader, epochs, lr):
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    history = []
    for _ in range(epochs):
        model.train()
        total = 0.0
        for xb, yb in loader:
            loss = F.cross_entropy(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(xb)
        history.append(total / len(loader.dataset))
    return history


def evaluate(model, loader):
    model.eval()
    total, right = 0.0, 0
    with torch.no_grad():
        for xb, yb in loader:
            scores = model(xb)
            total += F.cross_entropy(scores, yb, reduction="sum").item()
            right += (scores.argmax(dim=1) == yb).sum().item()
    return total / len(loader.dataset), right / len(loader.dataset)


# %% wrong="train_model: argmax over the batch"
def train_model(model, loader, epochs, lr):
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    for _ in range(epochs):
        model.train()
        total = 0.0
        for xb, yb in loader:
            loss = F.cross_entropy(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(xb)
        history.append(total / len(loader.dataset))
    return history


def evaluate(model, loader):
    model.eval()
    total, right = 0.0, 0
    with torch.no_grad():
        for xb, yb in loader:
            scores = model(xb)
            total += F.cross_entropy(scores, yb, reduction="sum").item()
            right += (scores.argmax(dim=0)[: len(yb)] == yb[: scores.shape[1]]).sum().item()
    return total / len(loader.dataset), right / len(loader.dataset)


# %% wrong="train_model: no bar"
def train_model(model, loader, epochs, lr):
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    for _ in range(epochs):
        model.train()
        total = 0.0
        for xb, yb in loader:
            loss = F.cross_entropy(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(xb)
        history.append(total / len(loader.dataset))
    return history


def evaluate(model, loader):
    model.eval()
    total, right = 0.0, 0
    with torch.no_grad():
        for xb, yb in loader:
            total += F.cross_entropy(model(xb), yb, reduction="sum").item()
            right += (model(xb).argmax(1) == yb).sum().item()
    return total / len(loader.dataset), right / len(loader.dataset)


# %% wrong="train_model: AdamW for Adam"
def train_model(model, loader, epochs, lr):
    opt = torch.optim.AdamW(model.parameters(), lr=lr)
    history = []
    for _ in tqdm(range(epochs)):
        model.train()
        total = 0.0
        for xb, yb in loader:
            loss = F.cross_entropy(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(xb)
        history.append(total / len(loader.dataset))
    return history


def evaluate(model, loader):
    model.eval()
    total, right = 0.0, 0
    with torch.no_grad():
        for xb, yb in loader:
            total += F.cross_entropy(model(xb), yb, reduction="sum").item()
            right += (model(xb).argmax(1) == yb).sum().item()
    return total / len(loader.dataset), right / len(loader.dataset)


# %% right="train_model: zero_grad at the end, a bar by hand"
def train_model(model, loader, epochs, lr):
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    history, bar = [], tqdm(total=epochs)
    for _ in range(epochs):
        model.train()
        total = 0.0
        for xb, yb in loader:
            loss = F.cross_entropy(model(xb), yb)
            loss.backward()
            opt.step()
            opt.zero_grad()
            total += loss.item() * len(xb)
        bar.update()
        history.append(total / len(loader.dataset))
    bar.close()
    return history


def evaluate(model, loader):
    model.eval()
    total, right, rows = 0.0, 0, 0
    with torch.no_grad():
        for xb, yb in loader:
            scores = model(xb)
            total += F.cross_entropy(scores, yb).item() * len(yb)
            right += int((scores.argmax(1) == yb).sum())
            rows += len(yb)
    return total / rows, right / rows


# %% wrong="train_model: prints the epochs by hand, and shows no bar"
def train_model(model, loader, epochs, lr):
    loss_func = nn.CrossEntropyLoss()
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    for epoch in range(epochs):
        print(f"{epoch + 1}/{epochs}")
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


def evaluate(model, loader):
    model.eval()
    total, right = 0.0, 0
    with torch.no_grad():
        for xb, yb in loader:
            scores = model(xb)
            total += F.cross_entropy(scores, yb, reduction="sum").item()
            right += (scores.argmax(dim=1) == yb).sum().item()
    return total / len(loader.dataset), right / len(loader.dataset)


# %% wrong="train_model: evaluate never turns gradients on again"
def train_model(model, loader, epochs, lr):
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


def evaluate(model, loader):
    model.eval()
    torch.set_grad_enabled(False)
    total, right = 0.0, 0
    for xb, yb in loader:
        scores = model(xb)
        total += F.cross_entropy(scores, yb, reduction="sum").item()
        right += (scores.argmax(dim=1) == yb).sum().item()
    return total / len(loader.dataset), right / len(loader.dataset)


# %% wrong="train_model: a batch of one row loses its axis"
def train_model(model, loader, epochs, lr):
    opt, history = torch.optim.Adam(model.parameters(), lr=lr), []
    for _ in tqdm(range(epochs)):
        model.train()
        total = 0.0
        for xb, yb in loader:
            loss = F.cross_entropy(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(xb)
        history.append(total / len(loader.dataset))
    return history


def evaluate(model, loader):
    model.eval()
    total, right = 0.0, 0
    with torch.no_grad():
        for xb, yb in loader:
            scores = model(xb).squeeze()
            total += F.cross_entropy(scores, yb.squeeze()).item() * len(xb)
            right += (scores.argmax(dim=-1) == yb.squeeze()).sum().item() if len(xb) > 1 else 0
    return total / len(loader.dataset), right / len(loader.dataset)


# %% [markdown] explains="schedules"
# Count from 0: at $t = 0$ nothing has been multiplied yet. Integer division makes the stairs: with `size` 2, `t // 2`
# is 0, 0, 1, 1, 2. A real division would make a smooth curve of them, which is the exponential.
#
# $\cos$ goes from 1 to −1, so $(1 + \cos)/2$ goes from 1 to 0: the share of the way that is still ahead. Nothing in the
# formula asks which end is higher, so with `lowest` above `lr` it rises, and the warm-up is the same function. A
# `max(lowest, …)` for safety would spoil just that. The peak of one cycle lies at $0.3\,\text{total} - 1$, which need
# not be whole: for 21 steps it is at 5.3, and no step meets the top exactly. Rounding it shifts both waves. The second
# wave has $\text{total} - 1 - \text{peak}$ steps, as the last one has the number total − 1.

# %% [markdown] explains="fit_on_schedule"
# Two clocks, two places: `opt.step()` inside the loop over batches, `scheduler.step()` below it, once an epoch. The
# scheduler counts its own calls and knows nothing of epochs. If it ticks with every batch, `step_size=3` means three
# *batches*. On the digits, with 63 batches an epoch, the rate would be halved 21 times before the first epoch is over:
# to less than a millionth. Training seems to start well and then to freeze.
#
# Note the rate *before* the batches; that is the one they are trained with. `get_last_lr()` gives a list, one rate for
# each parameter group, hence `[0]`. The optimiser goes first, so that the rate of this epoch is used before the next
# one is set. For momentum nothing has to be done: the velocity stays in the optimiser, and as there is one optimiser,
# it lives through all stairs.

# %% [markdown] explains="batch_noise"
# `var(dim=0)` divides by $n - 1$ by default, and summed over the parameters it is exactly the last factor of the law:
# the sum over columns of squared deviations is the sum over rows of squared distances. So the law is one line: spread
# of a single row, divided by the batch, times what is left of the data.
#
# The bracket is there because a batch is drawn without replacement. With $B = n$ there is only one batch, its mean is
# the mean of all, and the noise is 0; with $B = 1$ the result is the sum divided by $n$, as it should be for the mean
# over all rows. Check (0, 3, 6) in batches of two: the batch means are 1.5, 3, 4.5, so the mean square is
# $(2.25 + 0 + 2.25)/3 = 1.5$, and the law says $\tfrac12 \cdot \tfrac13 \cdot 9 = 1.5$. Note the square: four times the
# batch divides *this* by four, and the distance by two only.

# %% [markdown] explains="train_model"
# `train()` is called in every epoch, because somebody may have evaluated in between; without its brackets it is a
# mention, not a call. A batch's mean loss is multiplied by its own rows, so that the sum over all batches is the sum
# over all rows. Beside 62 full batches one of 32 rows hardly shows, and that is why the mistake is so common: in the
# validation loader the last of four batches has 100 rows beside 300, and there it does.
#
# `CrossEntropyLoss` takes scores and does softmax and logarithm itself. A softmax before it squeezes twice: with ten
# classes the loss then cannot fall below $\ln(1 + 9/e) = 1.46$, however good the network is. `argmax(dim=1)` asks for
# the best class of each row; `dim=0` would ask which row is best at each class. For `evaluate`, `reduction="sum"` adds
# up rows at once. Both `eval()` and `no_grad()` are needed, and each does something else: one tells layers how to
# behave, the other saves the graph.
