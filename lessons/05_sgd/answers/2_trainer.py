# Answers to the exercises of 2_trainer.py, right and wrong: what `course audit` grades. No student sees them.

# %% equivalent="fit_with: a squared difference is the same from either side"
# - loss = loss_func(model(features), y)
# + loss = loss_func(y, model(features))

# %% right="fit_with: clears at the end as well as at the start"
def make_sgd(model, lr):
    return torch.optim.SGD(list(model.parameters()), lr)


def fit_with(make, model, features, y, lr, steps):
    opt = make(list(model.parameters()), lr=lr)
    losses = []
    model.zero_grad()
    for _ in range(steps):
        loss = (model(features) - y).square().sum()
        loss.backward()
        opt.step()
        opt.zero_grad()
        losses += [loss.item()]
    return losses


# %% right="fit_with: with a closure"
def make_sgd(model, lr):
    return torch.optim.SGD([{"params": model.parameters()}], lr=lr, momentum=0)


def fit_with(make, model, features, y, lr, steps):
    opt = make([{"params": model.parameters(), "lr": lr}])

    def again():
        opt.zero_grad()
        loss = F.mse_loss(model(features), y, reduction="sum")
        loss.backward()
        return loss

    return [opt.step(again).item() for _ in range(steps)]


# %% wrong="fit_with: forgets to clear"
def make_sgd(model, lr):
    return torch.optim.SGD(model.parameters(), lr=lr)


def fit_with(make, model, features, y, lr, steps):
    loss_func = nn.MSELoss(reduction="sum")
    opt = make(model.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        loss = loss_func(model(features), y)
        losses.append(loss.item())
        loss.backward()
        opt.step()
    return losses


# %% wrong="fit_with: clears between backward and step"
def make_sgd(model, lr):
    return torch.optim.SGD(model.parameters(), lr=lr)


def fit_with(make, model, features, y, lr, steps):
    loss_func = nn.MSELoss(reduction="sum")
    opt = make(model.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        loss = loss_func(model(features), y)
        losses.append(loss.item())
        loss.backward()
        opt.zero_grad()
        opt.step()
    return losses


# %% wrong="fit_with: a new optimiser for every step"
def make_sgd(model, lr):
    return torch.optim.SGD(model.parameters(), lr=lr)


def fit_with(make, model, features, y, lr, steps):
    loss_func = nn.MSELoss(reduction="sum")
    losses = []
    for _ in range(steps):
        opt = make(model.parameters(), lr=lr)
        loss = loss_func(model(features), y)
        losses.append(loss.item())
        opt.zero_grad()
        loss.backward()
        opt.step()
    return losses


# %% wrong="fit_with: the default learning rate"
def make_sgd(model, lr):
    return torch.optim.SGD(model.parameters())


def fit_with(make, model, features, y, lr, steps):
    loss_func = nn.MSELoss(reduction="sum")
    opt = make(model.parameters())
    losses = []
    for _ in range(steps):
        loss = loss_func(model(features), y)
        losses.append(loss.item())
        opt.zero_grad()
        loss.backward()
        opt.step()
    return losses


# %% wrong="fit_with: always SGD"
def make_sgd(model, lr):
    return torch.optim.SGD(model.parameters(), lr=lr)


def fit_with(make, model, features, y, lr, steps):
    loss_func = nn.MSELoss(reduction="sum")
    opt = make_sgd(model, lr)
    losses = []
    for _ in range(steps):
        loss = loss_func(model(features), y)
        losses.append(loss.item())
        opt.zero_grad()
        loss.backward()
        opt.step()
    return losses


# %% right="fit_with: clears after the step"
def make_sgd(model, lr):
    return torch.optim.SGD(model.parameters(), lr)


def fit_with(make, model, features, y, lr, steps):
    opt, losses = make(model.parameters(), lr), []
    for _ in range(steps):
        loss = ((model(features) - y) ** 2).sum()
        losses.append(loss.item())
        loss.backward()
        opt.step()
        model.zero_grad()
    return losses


# %% wrong="fit_with: make_sgd makes an Adam"
def make_sgd(model, lr):
    return torch.optim.Adam(model.parameters(), lr=lr)


def fit_with(make, model, features, y, lr, steps):
    opt, losses = make(model.parameters(), lr=lr), []
    for _ in range(steps):
        loss = ((model(features) - y) ** 2).sum()
        losses.append(loss.item())
        opt.zero_grad()
        loss.backward()
        opt.step()
    return losses


# %% wrong="fit_with: make_sgd adds momentum"
def make_sgd(model, lr):
    return torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)


def fit_with(make, model, features, y, lr, steps):
    opt, losses = make(model.parameters(), lr=lr), []
    for _ in range(steps):
        loss = ((model(features) - y) ** 2).sum()
        losses.append(loss.item())
        opt.zero_grad()
        loss.backward()
        opt.step()
    return losses


# %% wrong="fit_with: make_sgd looks after the first layer only"
def make_sgd(model, lr):
    return torch.optim.SGD(list(model.parameters())[:2], lr=lr)


def fit_with(make, model, features, y, lr, steps):
    opt, losses = make(model.parameters(), lr=lr), []
    for _ in range(steps):
        loss = ((model(features) - y) ** 2).sum()
        losses.append(loss.item())
        opt.zero_grad()
        loss.backward()
        opt.step()
    return losses


# %% wrong="fit_with: make_sgd steps by the sign of the gradient"
def make_sgd(model, lr):
    return torch.optim.Rprop(model.parameters(), lr=lr)


def fit_with(make, model, features, y, lr, steps):
    opt, losses = make(model.parameters(), lr=lr), []
    for _ in range(steps):
        loss = ((model(features) - y) ** 2).sum()
        losses.append(loss.item())
        opt.zero_grad()
        loss.backward()
        opt.step()
    return losses


# %% wrong="fit_with: the losses hold their graphs"
def make_sgd(model, lr):
    return torch.optim.SGD(model.parameters(), lr=lr)


def fit_with(make, model, features, y, lr, steps):
    opt = make(model.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        loss = F.mse_loss(model(features), y, reduction="sum")
        losses.append(loss)
        opt.zero_grad()
        loss.backward()
        opt.step()
    return losses


# %% wrong="fit_with: stops when the loss rises"
def make_sgd(model, lr):
    return torch.optim.SGD(model.parameters(), lr=lr)


def fit_with(make, model, features, y, lr, steps):
    opt, losses = make(model.parameters(), lr=lr), []
    for _ in range(steps):
        loss = (model(features) - y).square().sum()
        losses.append(loss.item())
        if len(losses) > 1 and losses[-1] > losses[-2]:
            break
        opt.zero_grad()
        loss.backward()
        opt.step()
    return losses


# %% wrong="fit_with: make_sgd with a little weight decay"
def make_sgd(model, lr):
    return torch.optim.SGD(model.parameters(), lr=lr, weight_decay=1e-4)


def fit_with(make, model, features, y, lr, steps):
    opt, losses = make(model.parameters(), lr=lr), []
    for _ in range(steps):
        loss = (model(features) - y).square().sum()
        losses.append(loss.item())
        opt.zero_grad()
        loss.backward()
        opt.step()
    return losses


# %% wrong="fit_with: make_sgd finds the outermost linear layers only"
def make_sgd(model, lr):
    layers = [layer for layer in model if isinstance(layer, nn.Linear)]
    return torch.optim.SGD([p for layer in layers for p in layer.parameters()], lr=lr)


def fit_with(make, model, features, y, lr, steps):
    opt, losses = make(model.parameters(), lr=lr), []
    for _ in range(steps):
        loss = (model(features) - y).square().sum()
        losses.append(loss.item())
        opt.zero_grad()
        loss.backward()
        opt.step()
    return losses


# %% equivalent="one_pass: the promise is about one_pass; the constructor of Rows is given"
# spoiler: Rows changes its inputs


# %% right="Settings: by getargvalues and a loop"
class Settings:
    def save_hyperparameters(self, ignore=()):
        _, _, _, values = inspect.getargvalues(inspect.currentframe().f_back)
        self.hparams = {}
        for name, value in values.items():
            if name == "self" or name in ignore or name[0] == "_":
                continue
            self.hparams[name] = value
            self.__dict__[name] = value


# %% right="Settings: by the stack"
class Settings:
    def save_hyperparameters(self, ignore=()):
        caller = inspect.stack()[1].frame.f_locals
        names = set(caller) - set(ignore) - {"self"}
        self.hparams = {n: caller[n] for n in sorted(names) if not n.startswith("_")}
        vars(self).update(self.hparams)


# %% wrong="Settings: its own local variables"
class Settings:
    def save_hyperparameters(self, ignore=()):
        arguments = inspect.currentframe().f_locals
        kept = {name for name in arguments if not name.startswith("_")} - {"self", *ignore}
        self.hparams = {name: arguments[name] for name in kept}
        for name, value in self.hparams.items():
            setattr(self, name, value)


# %% wrong="Settings: keeps self"
class Settings:
    def save_hyperparameters(self, ignore=()):
        arguments = inspect.currentframe().f_back.f_locals
        kept = {name for name in arguments if not name.startswith("_")} - {*ignore}
        self.hparams = {name: arguments[name] for name in kept}
        for name, value in self.hparams.items():
            setattr(self, name, value)


# %% wrong="Settings: ignores nothing"
class Settings:
    def save_hyperparameters(self, ignore=()):
        arguments = inspect.currentframe().f_back.f_locals
        kept = {name for name in arguments if not name.startswith("_")} - {"self"}
        self.hparams = {name: arguments[name] for name in kept}
        for name, value in self.hparams.items():
            setattr(self, name, value)


# %% wrong="Settings: keeps names with an underscore"
class Settings:
    def save_hyperparameters(self, ignore=()):
        arguments = inspect.currentframe().f_back.f_locals
        kept = set(arguments) - {"self", *ignore}
        self.hparams = {name: arguments[name] for name in kept}
        for name, value in self.hparams.items():
            setattr(self, name, value)


# %% wrong="Settings: no attributes"
class Settings:
    def save_hyperparameters(self, ignore=()):
        arguments = inspect.currentframe().f_back.f_locals
        kept = {name for name in arguments if not name.startswith("_")} - {"self", *ignore}
        self.hparams = {name: arguments[name] for name in kept}


# %% right="one_pass: a list of pairs, our own data set in the loader"
from torch.utils import data as torch_data


class Rows(torch_data.Dataset):
    def __init__(self, x, y):
        self.pairs = [(row, label.float()) for row, label in zip(x, y, strict=True)]

    def __len__(self):
        return len(self.pairs)

    def __getitem__(self, i):
        return self.pairs[i]


def one_pass(model, x, y, lr, size):
    losses = []
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    for xb, yb in torch_data.DataLoader(Rows(x, y), size, True):
        opt.zero_grad()
        loss = F.binary_cross_entropy(model(xb), yb)
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% right="one_pass: an order drawn by hand, the loss by its formula"
class Rows:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __len__(self):
        return self.x.shape[0]

    def __getitem__(self, i):
        return self.x[i], self.y[i].to(torch.float32)


def one_pass(model, x, y, lr, size):
    losses = []
    for places in torch.randperm(len(x)).split(size):
        p = model(x[places])
        loss = -torch.where(y[places] == 1, p, 1 - p).log().mean()
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= lr * parameter.grad
        losses.append(loss.item())
    return losses


# %% right="one_pass: Python float labels, functional, own class without base"
class Rows:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __len__(self):
        return self.y.numel()

    def __getitem__(self, i):
        return self.x[i], float(self.y[i])


def one_pass(model, x, y, lr, size):
    from torch.utils.data import DataLoader, TensorDataset

    losses = []
    for xb, yb in DataLoader(TensorDataset(x, y), size, shuffle=True):
        loss = F.binary_cross_entropy(model(xb), yb.float(), reduction="mean")
        for p in model.parameters():
            p.grad = None
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p.sub_(p.grad, alpha=lr)
        losses.append(loss.detach())
    return losses


# %% wrong="one_pass: never shuffles"
from torch.utils.data import DataLoader, Dataset, TensorDataset


class Rows(Dataset):
    def __init__(self, x, y):
        self.x, self.y = x, y.float()

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


def one_pass(model, x, y, lr, size):
    loader = DataLoader(TensorDataset(x, y.float()), batch_size=size)
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for xb, yb in loader:
        loss = nn.BCELoss()(model(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="one_pass: whole-number labels"
from torch.utils.data import DataLoader, Dataset, TensorDataset


class Rows(Dataset):
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


def one_pass(model, x, y, lr, size):
    loader = DataLoader(TensorDataset(x, y), batch_size=size, shuffle=True)
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for xb, yb in loader:
        loss = nn.BCELoss()(model(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="one_pass: the loss with logits, and a row without its label"
from torch.utils.data import DataLoader, Dataset, TensorDataset


class Rows(Dataset):
    def __init__(self, x, y):
        self.x, self.y = x, y.float()

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.x[i]


def one_pass(model, x, y, lr, size):
    loader = DataLoader(TensorDataset(x, y.float()), batch_size=size, shuffle=True)
    loss_func = nn.BCEWithLogitsLoss()
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for xb, yb in loader:
        loss = loss_func(model(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="one_pass: one step at the end of the pass"
from torch.utils.data import DataLoader, Dataset, TensorDataset


class Rows(Dataset):
    def __init__(self, x, y):
        self.x, self.y = x, y.float()

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


def one_pass(model, x, y, lr, size):
    loader = DataLoader(TensorDataset(x, y.float()), batch_size=size, shuffle=True)
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    opt.zero_grad()
    for xb, yb in loader:
        loss = nn.BCELoss()(model(xb), yb)
        loss.backward()
        losses.append(loss.item())
    opt.step()
    return losses


# %% wrong="one_pass: drops the last rows, length counts features"
from torch.utils.data import DataLoader, Dataset, TensorDataset


class Rows(Dataset):
    def __init__(self, x, y):
        self.x, self.y = x, y.float()

    def __len__(self):
        return self.x.numel()

    def __getitem__(self, i):
        return self.x[i], self.y[i]


def one_pass(model, x, y, lr, size):
    loader = DataLoader(TensorDataset(x, y.float()), batch_size=size, shuffle=True, drop_last=True)
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for xb, yb in loader:
        loss = nn.BCELoss()(model(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="Settings: nothing that counts as false is kept"
class Settings:
    def save_hyperparameters(self, ignore=()):
        arguments = inspect.currentframe().f_back.f_locals
        kept = {name for name in arguments if not name.startswith("_")} - {"self", *ignore}
        self.hparams = {name: arguments[name] or None for name in kept}
        for name, value in self.hparams.items():
            setattr(self, name, value)


# %% wrong="Settings: leaves out every name with an underscore in it"
class Settings:
    def save_hyperparameters(self, ignore=()):
        arguments = inspect.currentframe().f_back.f_locals
        kept = {name for name in arguments if "_" not in name} - {"self", *ignore}
        self.hparams = {name: arguments[name] for name in kept}
        for name, value in self.hparams.items():
            setattr(self, name, value)


# %% wrong="Settings: leaves out every name that holds the word self"
class Settings:
    def save_hyperparameters(self, ignore=()):
        arguments = inspect.currentframe().f_back.f_locals
        kept = [n for n in arguments if "self" not in n and n[0] != "_" and n not in ignore]
        self.hparams = {n: arguments[n] for n in kept}
        for name, value in self.hparams.items():
            setattr(self, name, value)


# %% right="Settings: a signature of the caller's arguments"
class Settings:
    def save_hyperparameters(self, ignore=()):
        frame = inspect.currentframe().f_back
        names, _, _, values = inspect.getargvalues(frame)
        code = frame.f_code
        names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        skip = set(ignore) | {"self"}
        self.hparams = {n: values[n] for n in names if n not in skip and n[0] != "_"}
        vars(self).update(self.hparams)


# %% wrong="one_pass: rows shuffled inside each batch only"
class Rows(Dataset):
    def __init__(self, x, y):
        self.x, self.y = x, y.float()

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


def one_pass(model, x, y, lr, size):
    opt, losses = torch.optim.SGD(model.parameters(), lr=lr), []
    for xb, yb in zip(x.split(size), y.float().split(size)):
        order = torch.randperm(len(xb))
        loss = F.binary_cross_entropy(model(xb[order]), yb[order])
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="one_pass: the batches are shuffled, not the rows"
class Rows(Dataset):
    def __init__(self, x, y):
        self.x, self.y = x, y.float()

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


def one_pass(model, x, y, lr, size):
    opt, losses = torch.optim.SGD(model.parameters(), lr=lr), []
    start = torch.randint(len(x), ()).item()
    order = torch.arange(len(x)).roll(start)
    for rows in order.split(size):
        loss = F.binary_cross_entropy(model(x[rows]), y[rows].float())
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="one_pass: seeds the shuffling itself"
class Rows(Dataset):
    def __init__(self, x, y):
        self.x, self.y = x, y.float()

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


def one_pass(model, x, y, lr, size):
    opt, losses = torch.optim.SGD(model.parameters(), lr=lr), []
    torch.manual_seed(0)
    for xb, yb in torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, y.float()), size, shuffle=True):
        loss = F.binary_cross_entropy(model(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="Settings: fills the list of names to ignore that it was given"
class Settings:
    def save_hyperparameters(self, ignore=()):
        if isinstance(ignore, tuple):
            ignore = list(ignore)
        ignore.append("self")
        arguments = inspect.currentframe().f_back.f_locals
        self.hparams = {k: v for k, v in arguments.items() if k not in ignore and not k.startswith("_")}
        for name, value in self.hparams.items():
            setattr(self, name, value)


# %% wrong="one_pass: the last rows are never among the first"
class Rows(Dataset):
    def __init__(self, x, y):
        self.x, self.y = x, y.float()

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


def one_pass(model, x, y, lr, size):
    half = len(x) // 2
    order = torch.cat([torch.randperm(half), half + torch.randperm(len(x) - half)])
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for rows in order.split(size):
        loss = F.binary_cross_entropy(model(x[rows]), y[rows].float())
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="Settings: hparams belongs to the class"
class Settings:
    hparams = {}

    def save_hyperparameters(self, ignore=()):
        arguments = inspect.currentframe().f_back.f_locals
        self.hparams.clear()
        for name in {name for name in arguments if not name.startswith("_")} - {"self", *ignore}:
            self.hparams[name] = arguments[name]
            setattr(self, name, arguments[name])


# %% wrong="Settings: what is None is left out"
class Settings:
    def save_hyperparameters(self, ignore=()):
        arguments = inspect.currentframe().f_back.f_locals
        kept = {name for name in arguments if not name.startswith("_")} - {"self", *ignore}
        self.hparams = {name: arguments[name] for name in kept if arguments[name] is not None}
        for name, value in self.hparams.items():
            setattr(self, name, value)


# %% wrong="one_pass: looks at a hundred rows at most"
class Rows(Dataset):
    def __init__(self, x, y):
        self.x, self.y = x, y.float()

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


def one_pass(model, x, y, lr, size):
    opt, losses = torch.optim.SGD(model.parameters(), lr=lr), []
    for places in torch.randperm(len(x))[:100].split(size):
        loss = F.binary_cross_entropy(model(x[places]), y[places].float())
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="one_pass: squeezes a batch of one row to a number"
class Rows(Dataset):
    def __init__(self, x, y):
        self.x, self.y = x, y.float()

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


def one_pass(model, x, y, lr, size):
    opt, losses = torch.optim.SGD(model.parameters(), lr=lr), []
    for places in torch.randperm(len(x)).split(size):
        loss = F.binary_cross_entropy(model(x[places]).squeeze(), y[places].float())
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="one_pass: a little weight decay"
class Rows(Dataset):
    def __init__(self, x, y):
        self.x, self.y = x, y.float()

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


def one_pass(model, x, y, lr, size):
    opt, losses = torch.optim.SGD(model.parameters(), lr=lr, weight_decay=1e-4), []
    for places in torch.randperm(len(x)).split(size):
        loss = F.binary_cross_entropy(model(x[places]), y[places].float())
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% right="Trainer: methods of its own, clears after the step"
class Trainer:
    def __init__(self, max_epochs, board, clip=None):
        self.max_epochs, self.board, self.clip = max_epochs, board, clip

    def fit(self, model, data):
        self.model, self.data = model, data
        self.opt = model.configure_optimizers()
        for _ in range(self.max_epochs):
            self.board.add("training loss", self.train_epoch())
            self.board.add("validation loss", self.valid_epoch())

    def train_epoch(self):
        self.model.train()
        total, batches = 0.0, 0
        for batch in self.data.train_dataloader():
            loss = self.model.training_step(batch)
            loss.backward()
            if self.clip:
                torch.nn.utils.clip_grad_norm_(list(self.model.parameters()), max_norm=self.clip)
            self.opt.step()
            self.opt.zero_grad()
            total, batches = total + loss.item(), batches + 1
        return total / batches

    @torch.no_grad()
    def valid_epoch(self):
        self.model.eval()
        return torch.stack([self.model.validation_step(batch) for batch in self.data.val_dataloader()]).mean().item()


# %% right="Trainer: clips by hand, tensors as means"
class Trainer:
    def __init__(self, max_epochs, board, clip=None):
        self.max_epochs, self.board, self.clip = max_epochs, board, clip

    def fit(self, model, data):
        opt = model.configure_optimizers()
        for _ in range(1, self.max_epochs + 1):
            model.train(True)
            losses = []
            for batch in data.train_dataloader():
                opt.zero_grad()
                losses.append(model.training_step(batch))
                losses[-1].backward()
                if self.clip is not None:
                    norm = sum(p.grad.square().sum() for p in model.parameters()).sqrt()
                    if norm > self.clip:
                        for p in model.parameters():
                            p.grad *= self.clip / norm
                opt.step()
            self.board.add("training loss", torch.stack(losses).detach().mean().item())
            model.train(False)
            with torch.inference_mode():
                values = [float(model.validation_step(batch)) for batch in data.val_dataloader()]
            self.board.add("validation loss", sum(values) / len(values))


# %% right="Trainer: len(loader), loaders made once"
class Trainer:
    def __init__(self, max_epochs, board, clip=None):
        self.max_epochs, self.board, self.clip = max_epochs, board, clip

    def fit(self, model, data):
        opt = model.configure_optimizers()
        train, valid = data.train_dataloader(), data.val_dataloader()
        for _epoch in range(self.max_epochs):
            model.train()
            total = 0
            for _i, batch in enumerate(train):
                opt.zero_grad()
                loss = model.training_step(batch)
                loss.backward()
                if self.clip is not None:
                    nn.utils.clip_grad_norm_(model.parameters(), self.clip)
                opt.step()
                total += loss.detach()
            self.board.add("training loss", float(total) / len(train))
            model.eval()
            vtotal = 0
            for batch in valid:
                with torch.no_grad():
                    vtotal += model.validation_step(batch)
            self.board.add("validation loss", float(vtotal) / len(valid))


# %% wrong="Trainer: clips before backward"
class Trainer:
    def __init__(self, max_epochs, board, clip=None):
        self.max_epochs, self.board, self.clip = max_epochs, board, clip

    def fit(self, model, data):
        opt = model.configure_optimizers()
        for _ in range(self.max_epochs):
            model.train()
            losses = []
            for batch in data.train_dataloader():
                loss = model.training_step(batch)
                opt.zero_grad()
                if self.clip is not None:
                    nn.utils.clip_grad_norm_(model.parameters(), self.clip)
                loss.backward()
                opt.step()
                losses.append(loss.item())
            self.board.add("training loss", sum(losses) / len(losses))
            model.eval()
            with torch.no_grad():
                losses = [model.validation_step(batch).item() for batch in data.val_dataloader()]
            self.board.add("validation loss", sum(losses) / len(losses))


# %% wrong="Trainer: a new optimiser in every epoch"
class Trainer:
    def __init__(self, max_epochs, board, clip=None):
        self.max_epochs, self.board, self.clip = max_epochs, board, clip

    def fit(self, model, data):
        for _ in range(self.max_epochs):
            opt = model.configure_optimizers()
            model.train()
            losses = []
            for batch in data.train_dataloader():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                if self.clip is not None:
                    nn.utils.clip_grad_norm_(model.parameters(), self.clip)
                opt.step()
                losses.append(loss.item())
            self.board.add("training loss", sum(losses) / len(losses))
            model.eval()
            with torch.no_grad():
                losses = [model.validation_step(batch).item() for batch in data.val_dataloader()]
            self.board.add("validation loss", sum(losses) / len(losses))


# %% wrong="Trainer: stays in evaluation mode"
class Trainer:
    def __init__(self, max_epochs, board, clip=None):
        self.max_epochs, self.board, self.clip = max_epochs, board, clip

    def fit(self, model, data):
        opt = model.configure_optimizers()
        model.train()
        for _ in range(self.max_epochs):
            losses = []
            for batch in data.train_dataloader():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                if self.clip is not None:
                    nn.utils.clip_grad_norm_(model.parameters(), self.clip)
                opt.step()
                losses.append(loss.item())
            self.board.add("training loss", sum(losses) / len(losses))
            model.eval()
            with torch.no_grad():
                losses = [model.validation_step(batch).item() for batch in data.val_dataloader()]
            self.board.add("validation loss", sum(losses) / len(losses))


# %% wrong="Trainer: records gradients while validating, keeps only the last loss"
class Trainer:
    def __init__(self, max_epochs, board, clip=None):
        self.max_epochs, self.board, self.clip = max_epochs, board, clip

    def fit(self, model, data):
        opt = model.configure_optimizers()
        for _ in range(self.max_epochs):
            model.train()
            for batch in data.train_dataloader():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                if self.clip is not None:
                    nn.utils.clip_grad_norm_(model.parameters(), self.clip)
                opt.step()
            self.board.add("training loss", loss.item())
            model.eval()
            for batch in data.val_dataloader():
                loss = model.validation_step(batch)
            self.board.add("validation loss", loss.item())


# %% wrong="Trainer: never clears the gradients"
class Trainer:
    def __init__(self, max_epochs, board, clip=None):
        self.max_epochs, self.board, self.clip = max_epochs, board, clip

    def fit(self, model, data):
        opt = model.configure_optimizers()
        for _ in range(self.max_epochs):
            model.train()
            losses = []
            for batch in data.train_dataloader():
                loss = model.training_step(batch)
                loss.backward()
                if self.clip is not None:
                    nn.utils.clip_grad_norm_(model.parameters(), self.clip)
                opt.step()
                losses.append(loss.item())
            self.board.add("training loss", sum(losses) / len(losses))
            model.eval()
            with torch.no_grad():
                losses = [model.validation_step(batch).item() for batch in data.val_dataloader()]
            self.board.add("validation loss", sum(losses) / len(losses))


# %% right="Trainer: draws the board at the end"
class Trainer:
    def __init__(self, max_epochs, board, clip=None):
        self.max_epochs, self.board, self.clip = max_epochs, board, clip

    def fit(self, model, data):
        opt = model.configure_optimizers()
        for _ in range(self.max_epochs):
            model.train()
            losses = []
            for batch in data.train_dataloader():
                opt.zero_grad()
                loss = model.training_step(batch)
                loss.backward()
                if self.clip:
                    nn.utils.clip_grad_norm_(model.parameters(), self.clip)
                opt.step()
                losses.append(loss.item())
            self.board.add("training loss", sum(losses) / len(losses))
            model.eval()
            with torch.no_grad():
                losses = [model.validation_step(batch).item() for batch in data.val_dataloader()]
            self.board.add("validation loss", sum(losses) / len(losses))
        self.board.draw(ylabel="loss")


# %% right="Trainer: one validation batch before training, to see that nothing breaks"
class Trainer:
    def __init__(self, max_epochs, board, clip=None):
        self.max_epochs, self.board, self.clip = max_epochs, board, clip

    @torch.no_grad()
    def validate(self, model, loader):
        model.eval()
        return [model.validation_step(batch).item() for batch in loader]

    def fit(self, model, data):
        opt = model.configure_optimizers()
        train, valid = data.train_dataloader(), data.val_dataloader()
        self.validate(model, [next(iter(valid))])
        for _ in range(self.max_epochs):
            model.train()
            total = 0.0
            for batch in train:
                loss = model.training_step(batch)
                loss.backward()
                if self.clip is not None:
                    nn.utils.clip_grad_norm_(model.parameters(), self.clip)
                opt.step()
                model.zero_grad()
                total += loss.detach()
            self.board.add("training loss", float(total) / len(train))
            losses = self.validate(model, valid)
            self.board.add("validation loss", float(sum(losses)) / len(losses))


# %% wrong="Trainer: clips each parameter on its own"
class Trainer:
    def __init__(self, max_epochs, board, clip=None):
        self.max_epochs, self.board, self.clip = max_epochs, board, clip

    def fit(self, model, data):
        opt = model.configure_optimizers()
        for _ in range(self.max_epochs):
            model.train()
            losses = []
            for batch in data.train_dataloader():
                opt.zero_grad()
                loss = model.training_step(batch)
                loss.backward()
                if self.clip is not None:
                    for p in model.parameters():
                        nn.utils.clip_grad_norm_([p], self.clip)
                opt.step()
                losses.append(loss.item())
            self.board.add("training loss", sum(losses) / len(losses))
            model.eval()
            with torch.no_grad():
                losses = [model.validation_step(batch).item() for batch in data.val_dataloader()]
            self.board.add("validation loss", sum(losses) / len(losses))


# %% wrong="Trainer: means over the rows, by the sizes of the batches"
class Trainer:
    def __init__(self, max_epochs, board, clip=None):
        self.max_epochs, self.board, self.clip = max_epochs, board, clip

    def fit(self, model, data):
        opt = model.configure_optimizers()
        for _ in range(self.max_epochs):
            model.train()
            losses, rows = 0.0, 0
            for batch in data.train_dataloader():
                opt.zero_grad()
                loss = model.training_step(batch)
                loss.backward()
                if self.clip is not None:
                    nn.utils.clip_grad_norm_(model.parameters(), self.clip)
                opt.step()
                losses, rows = losses + loss.item() * len(batch[0]), rows + len(batch[0])
            self.board.add("training loss", losses / rows)
            model.eval()
            losses, rows = 0.0, 0
            with torch.no_grad():
                for batch in data.val_dataloader():
                    losses, rows = losses + model.validation_step(batch).item() * len(batch[0]), rows + len(batch[0])
            self.board.add("validation loss", losses / rows)


# %% wrong="Trainer: the curve keeps every graph alive"
class Trainer:
    def __init__(self, max_epochs, board, clip=None):
        self.max_epochs, self.board, self.clip = max_epochs, board, clip

    def fit(self, model, data):
        opt = model.configure_optimizers()
        for _ in range(self.max_epochs):
            model.train()
            losses = []
            for batch in data.train_dataloader():
                opt.zero_grad()
                loss = model.training_step(batch)
                loss.backward()
                if self.clip is not None:
                    nn.utils.clip_grad_norm_(model.parameters(), self.clip)
                opt.step()
                losses.append(loss)
            self.board.add("training loss", sum(losses) / len(losses))
            model.eval()
            with torch.no_grad():
                losses = [model.validation_step(batch).item() for batch in data.val_dataloader()]
            self.board.add("validation loss", sum(losses) / len(losses))


# %% wrong="Trainer: the board gets tensors"
class Trainer:
    def __init__(self, max_epochs, board, clip=None):
        self.max_epochs, self.board, self.clip = max_epochs, board, clip

    def fit(self, model, data):
        opt = model.configure_optimizers()
        for _ in range(self.max_epochs):
            model.train()
            losses = []
            for batch in data.train_dataloader():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                if self.clip is not None:
                    nn.utils.clip_grad_norm_(model.parameters(), self.clip)
                opt.step()
                losses.append(loss.detach())
            self.board.add("training loss", torch.stack(losses).mean())
            model.eval()
            with torch.no_grad():
                losses = [model.validation_step(batch) for batch in data.val_dataloader()]
            self.board.add("validation loss", torch.stack(losses).mean())


# %% wrong="Trainer: stops when the validation loss rises"
class Trainer:
    def __init__(self, max_epochs, board, clip=None):
        self.max_epochs, self.board, self.clip = max_epochs, board, clip

    def fit(self, model, data):
        opt, best = model.configure_optimizers(), math.inf
        for _ in range(self.max_epochs):
            model.train()
            losses = []
            for batch in data.train_dataloader():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                if self.clip is not None:
                    nn.utils.clip_grad_norm_(model.parameters(), self.clip)
                opt.step()
                losses.append(loss.item())
            self.board.add("training loss", sum(losses) / len(losses))
            model.eval()
            with torch.no_grad():
                losses = [model.validation_step(batch).item() for batch in data.val_dataloader()]
            self.board.add("validation loss", sum(losses) / len(losses))
            if sum(losses) > best:
                break
            best = sum(losses)


# %% wrong="Trainer: the epochs are used up by the first model"
class Trainer:
    def __init__(self, max_epochs, board, clip=None):
        self.max_epochs, self.board, self.clip = max_epochs, board, clip

    def fit(self, model, data):
        opt = model.configure_optimizers()
        while self.max_epochs > 0:
            self.max_epochs -= 1
            model.train()
            losses = []
            for batch in data.train_dataloader():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                if self.clip is not None:
                    nn.utils.clip_grad_norm_(model.parameters(), self.clip)
                opt.step()
                losses.append(loss.item())
            self.board.add("training loss", sum(losses) / len(losses))
            model.eval()
            with torch.no_grad():
                losses = [model.validation_step(batch).item() for batch in data.val_dataloader()]
            self.board.add("validation loss", sum(losses) / len(losses))


# %% wrong="Trainer: leaves with gradients switched off"
class Trainer:
    def __init__(self, max_epochs, board, clip=None):
        self.max_epochs, self.board, self.clip = max_epochs, board, clip

    def fit(self, model, data):
        opt = model.configure_optimizers()
        for _ in range(self.max_epochs):
            model.train()
            torch.set_grad_enabled(True)
            losses = []
            for batch in data.train_dataloader():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                if self.clip is not None:
                    nn.utils.clip_grad_norm_(model.parameters(), self.clip)
                opt.step()
                losses.append(loss.item())
            self.board.add("training loss", sum(losses) / len(losses))
            model.eval()
            torch.set_grad_enabled(False)
            losses = [model.validation_step(batch).item() for batch in data.val_dataloader()]
            self.board.add("validation loss", sum(losses) / len(losses))


# %% wrong="Trainer: every batch is a pair"
class Trainer:
    def __init__(self, max_epochs, board, clip=None):
        self.max_epochs, self.board, self.clip = max_epochs, board, clip

    def fit(self, model, data):
        opt = model.configure_optimizers()
        for _ in range(self.max_epochs):
            model.train()
            losses = []
            for x, y in data.train_dataloader():
                loss = model.training_step((x, y))
                opt.zero_grad()
                loss.backward()
                if self.clip is not None:
                    nn.utils.clip_grad_norm_(model.parameters(), self.clip)
                opt.step()
                losses.append(loss.item())
            self.board.add("training loss", sum(losses) / len(losses))
            model.eval()
            with torch.no_grad():
                losses = [model.validation_step((x, y)).item() for x, y in data.val_dataloader()]
            self.board.add("validation loss", sum(losses) / len(losses))


# %% [markdown] explains="fit_with"
# Two lines replace the inner loop, and the order stays: clear, backward, step. The optimiser is made *before* the loop.
# It holds what it remembers, RMSprop its average of squares for example. If it is made anew in every step, each step is
# a first step: with RMSprop ten times too long, as section 8 will show. Plain SGD remembers nothing and would hide the
# mistake, so test such a loop with another optimiser.
#
# `model.parameters()` hands over all parameters of all layers, nested ones included; to list layers by hand forgets one
# sooner or later, and a forgotten layer simply stays as it was drawn. `loss.item()` for the list, as always.

# %% [markdown] explains="Settings"
# `currentframe()` is the frame of `save_hyperparameters` itself, whose only locals are `self`, `ignore` and whatever it
# has made so far. The arguments are one floor up, in `f_back`. It works because the method is called first thing in
# `__init__`: ten lines later the caller would have more local variables, and all of them would be stored.
#
# Names are left out by *name*: those that begin with an underscore, `self`, and what `ignore` lists. Look at the wrong
# turns. `if value` would drop a decay of 0.0, a `bias=False`, an empty list: settings as good as any. An underscore
# *anywhere* would drop `weight_decay`. And `"self" in name`, a search for a piece of text, would drop `itself`.
# `{"self", *ignore}` unpacks the list into the set; `{"self", ignore}` would try to put the list itself in.
# `__class__`, which Python adds where `super()` is used, goes out by its underscores.

# %% [markdown] explains="one_pass"
# A data set is two answers: how many rows, and which is row i. `x[i]` and `y[i]` use the same `i`, so features and
# label stay together, and the loader may shuffle as it likes. `len(x)` counts rows; `x.numel()` would count every
# feature, and the loader would ask for rows that do not exist.
#
# The labels must be floats, because the binary cross-entropy multiplies with them: $-(y \ln p + (1-y) \ln(1-p))$. That
# is also why a label of 0.3 makes sense. The model ends in a sigmoid already, so `BCELoss` is right and
# `BCEWithLogitsLoss` would squeeze twice. It would still learn, only worse, and that is the kind of mistake which
# nobody finds. By hand: $p = \tfrac12$ costs $\ln 2 = 0.69$ whatever the label, so a loss that starts far above has
# something wrong with it.

# %% [markdown] explains="Trainer"
# The trainer never looks into a batch: it hands it to `training_step` and gets a loss. So batches of two tensors, or of
# five, make no difference. One optimiser for all epochs; a new one in each would forget its momentum. `train()` is
# called in every epoch, because the one before has ended in evaluation mode.
#
# Clipping has one right moment. Before `backward` there is no gradient of this batch, after `step` it has been used
# already: in both places the call does nothing useful and raises no error, and you believe yourself protected. It takes
# all parameters at once, since it limits their *joint* norm; one after the other would change the direction of the step
# (the last exercise of this lesson is about that). `no_grad` around validation ends with its block, and `item()` keeps
# no graph alive. Ask `clip is not None` rather than `if clip`: it says what is meant.
