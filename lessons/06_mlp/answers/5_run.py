# Answers to the exercises of 5_run.py, right and wrong: what `course audit` grades. No student sees them.

# %% [markdown] explains="fetch_once"
# The only way to the final name is a rename of a complete file, so whatever lies there is whole. `raise_for_status`
# comes before anything is written: a page of an error is not data. The timeout makes sure that a server that never
# answers is an error too, and not a notebook that hangs.

# %% right="fetch_once: is_file and rename"
def fetch_once(session, url: str, path: Path) -> bytes:
    """The bytes of the file at path, which is downloaded from url if it is not there yet."""
    if not path.is_file():
        reply = session.get(url, timeout=10)
        reply.raise_for_status()
        part = path.with_suffix(".part")
        part.write_bytes(reply.content)
        part.rename(path)
    return path.read_bytes()


# %% right="fetch_once: early return"
def fetch_once(session, url, path):
    if path.exists():
        return path.read_bytes()
    reply = session.get(url)
    reply.raise_for_status()
    half = path.with_name(path.name + ".half")
    with half.open("wb") as file:
        file.write(reply.content)
    half.replace(path)
    return reply.content


# %% wrong="fetch_once: always downloads"
def fetch_once(session, url: str, path: Path) -> bytes:
    """The bytes of the file at path, which is downloaded from url if it is not there yet."""
    if True:
        reply = session.get(url, timeout=10)
        reply.raise_for_status()
        part = path.with_suffix(".part")
        part.write_bytes(reply.content)
        part.replace(path)
    return path.read_bytes()


# %% wrong="fetch_once: never downloads"
def fetch_once(session, url: str, path: Path) -> bytes:
    """The bytes of the file at path, which is downloaded from url if it is not there yet."""
    if path.exists():
        reply = session.get(url, timeout=10)
        reply.raise_for_status()
        part = path.with_suffix(".part")
        part.write_bytes(reply.content)
        part.replace(path)
    return path.read_bytes()


# %% wrong="fetch_once: does not look at the status"
def fetch_once(session, url: str, path: Path) -> bytes:
    """The bytes of the file at path, which is downloaded from url if it is not there yet."""
    if not path.exists():
        reply = session.get(url, timeout=10)
        part = path.with_suffix(".part")
        part.write_bytes(reply.content)
        part.replace(path)
    return path.read_bytes()


# %% wrong="fetch_once: writes text"
def fetch_once(session, url: str, path: Path) -> bytes:
    """The bytes of the file at path, which is downloaded from url if it is not there yet."""
    if not path.exists():
        reply = session.get(url, timeout=10)
        reply.raise_for_status()
        part = path.with_suffix(".part")
        part.write_text(reply.text.upper())
        part.replace(path)
    return path.read_bytes()


# %% wrong="fetch_once: forgets to rename"
def fetch_once(session, url: str, path: Path) -> bytes:
    """The bytes of the file at path, which is downloaded from url if it is not there yet."""
    if not path.exists():
        reply = session.get(url, timeout=10)
        reply.raise_for_status()
        part = path.with_suffix(".part")
        part.write_bytes(reply.content)
        return reply.content
    return path.read_bytes()


# %% equivalent="fetch_once: the line is given as it stands, and every page of the tests answers at once"
# - reply = session.get(url, timeout=10)
# + reply = session.get(url)


# %% equivalent="fetch_once: the line is given as it stands, and every page of the tests answers at once, case 2"
# - reply = session.get(url, timeout=10)
# + reply = session.get(url, timeout=11)


# %% equivalent="fetch_once: the line is given as it stands, and every page of the tests answers at once, case 3"
# - reply = session.get(url, timeout=10)
# + reply = session.get(url, timeout=9)


# %% [markdown] explains="Trainer"
# One permutation chooses rows and labels together. The loop is that of Lesson 05; what is new is the copy. `state_dict`
# hands out the model's own tensors, so the copy needs `clone`, and the way back `copy_`, because the optimiser and
# everybody else hold the same parameters. "Without a new best" is the distance to the best epoch; an equal loss is no
# new best.


# %% right="Trainer: a helper for the means"
class DataModule:
    """Hands out batches of its rows."""

    def __init__(self, x, y, valid_x, valid_y, size: int):
        self.train, self.valid, self.size = (x, y), (valid_x, valid_y), size

    def train_batches(self):
        x, y = self.train
        for rows in torch.randperm(len(x)).split(self.size):
            yield x[rows], y[rows]

    def valid_batches(self):
        x, y = self.valid
        return zip(x.split(self.size), y.split(self.size), strict=True)


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        """Trains the model in place and leaves it as it was at its best epoch, whose number it returns."""
        best, best_epoch, kept = math.inf, 0, {}
        for epoch in range(1, self.max_epochs + 1):
            model.train()
            seen = []
            for batch in data.train_batches():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                opt.step()
                seen.append((loss.item(), len(batch[0])))
            self.board.add("training loss", sum(a * n for a, n in seen) / sum(n for _, n in seen))
            model.eval()
            total, rows = 0.0, 0
            with torch.no_grad():
                for batch in data.valid_batches():
                    total, rows = total + model.validation_step(batch).item() * len(batch[0]), rows + len(batch[0])
            self.board.add("validation loss", total / rows)
            if total / rows < best:
                best, best_epoch = total / rows, epoch
                kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
            elif epoch - best_epoch >= self.patience:
                break
        for name, tensor in model.state_dict().items():
            tensor.copy_(kept[name])
        return best_epoch


# %% right="Trainer: counts the bad epochs"
class DataModule:
    """Hands out batches of its rows."""

    def __init__(self, x, y, valid_x, valid_y, size: int):
        self.train, self.valid, self.size = (x, y), (valid_x, valid_y), size

    def train_batches(self):
        x, y = self.train
        for rows in torch.randperm(len(x)).split(self.size):
            yield x[rows], y[rows]

    def valid_batches(self):
        x, y = self.valid
        return zip(x.split(self.size), y.split(self.size), strict=True)


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        """Trains the model in place and leaves it as it was at its best epoch, whose number it returns."""
        best, best_epoch, kept, bad = math.inf, 0, {}, 0
        for epoch in range(1, self.max_epochs + 1):
            model.train()
            total, rows = 0.0, 0
            for batch in data.train_batches():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                opt.step()
                total, rows = total + loss.item() * len(batch[0]), rows + len(batch[0])
            self.board.add("training loss", total / rows)
            model.eval()
            total, rows = 0.0, 0
            with torch.no_grad():
                for batch in data.valid_batches():
                    total, rows = total + model.validation_step(batch).item() * len(batch[0]), rows + len(batch[0])
            self.board.add("validation loss", total / rows)
            if total / rows < best:
                best, best_epoch, bad = total / rows, epoch, 0
                kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
            else:
                bad += 1
                if bad == self.patience:
                    break
        for name, tensor in model.state_dict().items():
            tensor.copy_(kept[name])
        return best_epoch


# %% right="Trainer: deep copies and load_state_dict's idea"
class DataModule:
    """Hands out batches of its rows."""

    def __init__(self, x, y, valid_x, valid_y, size: int):
        self.train, self.valid, self.size = (x, y), (valid_x, valid_y), size

    def train_batches(self):
        x, y = self.train
        order = torch.randperm(len(x))
        return [(x[order[i : i + self.size]], y[order[i : i + self.size]]) for i in range(0, len(x), self.size)]

    def valid_batches(self):
        x, y = self.valid
        return zip(x.split(self.size), y.split(self.size), strict=True)


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        """Trains the model in place and leaves it as it was at its best epoch, whose number it returns."""
        best, best_epoch, kept = math.inf, 0, {}
        for epoch in range(1, self.max_epochs + 1):
            model.train()
            total, rows = 0.0, 0
            for batch in data.train_batches():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                opt.step()
                total, rows = total + loss.item() * len(batch[0]), rows + len(batch[0])
            self.board.add("training loss", total / rows)
            model.eval()
            total, rows = 0.0, 0
            with torch.no_grad():
                for batch in data.valid_batches():
                    total, rows = total + model.validation_step(batch).item() * len(batch[0]), rows + len(batch[0])
            self.board.add("validation loss", total / rows)
            if total / rows < best:
                best, best_epoch = total / rows, epoch
                import copy

                kept = copy.deepcopy(model.state_dict())
            elif epoch - best_epoch >= self.patience:
                break
        for name, tensor in model.state_dict().items():
            tensor.copy_(kept[name])
        return best_epoch


# %% wrong="Trainer: keeps no copy"
class DataModule:
    """Hands out batches of its rows."""

    def __init__(self, x, y, valid_x, valid_y, size: int):
        self.train, self.valid, self.size = (x, y), (valid_x, valid_y), size

    def train_batches(self):
        x, y = self.train
        for rows in torch.randperm(len(x)).split(self.size):
            yield x[rows], y[rows]

    def valid_batches(self):
        x, y = self.valid
        return zip(x.split(self.size), y.split(self.size), strict=True)


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        """Trains the model in place and leaves it as it was at its best epoch, whose number it returns."""
        best, best_epoch, kept = math.inf, 0, {}
        for epoch in range(1, self.max_epochs + 1):
            model.train()
            total, rows = 0.0, 0
            for batch in data.train_batches():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                opt.step()
                total, rows = total + loss.item() * len(batch[0]), rows + len(batch[0])
            self.board.add("training loss", total / rows)
            model.eval()
            total, rows = 0.0, 0
            with torch.no_grad():
                for batch in data.valid_batches():
                    total, rows = total + model.validation_step(batch).item() * len(batch[0]), rows + len(batch[0])
            self.board.add("validation loss", total / rows)
            if total / rows < best:
                best, best_epoch = total / rows, epoch
                kept = {name: tensor for name, tensor in model.state_dict().items()}
            elif epoch - best_epoch >= self.patience:
                break
        for name, tensor in model.state_dict().items():
            tensor.copy_(kept[name])
        return best_epoch


# %% wrong="Trainer: leaves the last weights"
class DataModule:
    """Hands out batches of its rows."""

    def __init__(self, x, y, valid_x, valid_y, size: int):
        self.train, self.valid, self.size = (x, y), (valid_x, valid_y), size

    def train_batches(self):
        x, y = self.train
        for rows in torch.randperm(len(x)).split(self.size):
            yield x[rows], y[rows]

    def valid_batches(self):
        x, y = self.valid
        return zip(x.split(self.size), y.split(self.size), strict=True)


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        """Trains the model in place and leaves it as it was at its best epoch, whose number it returns."""
        best, best_epoch, kept = math.inf, 0, {}
        for epoch in range(1, self.max_epochs + 1):
            model.train()
            total, rows = 0.0, 0
            for batch in data.train_batches():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                opt.step()
                total, rows = total + loss.item() * len(batch[0]), rows + len(batch[0])
            self.board.add("training loss", total / rows)
            model.eval()
            total, rows = 0.0, 0
            with torch.no_grad():
                for batch in data.valid_batches():
                    total, rows = total + model.validation_step(batch).item() * len(batch[0]), rows + len(batch[0])
            self.board.add("validation loss", total / rows)
            if total / rows < best:
                best, best_epoch = total / rows, epoch
                kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
            elif epoch - best_epoch >= self.patience:
                break
        return best_epoch


# %% wrong="Trainer: one epoch too patient"
class DataModule:
    """Hands out batches of its rows."""

    def __init__(self, x, y, valid_x, valid_y, size: int):
        self.train, self.valid, self.size = (x, y), (valid_x, valid_y), size

    def train_batches(self):
        x, y = self.train
        for rows in torch.randperm(len(x)).split(self.size):
            yield x[rows], y[rows]

    def valid_batches(self):
        x, y = self.valid
        return zip(x.split(self.size), y.split(self.size), strict=True)


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        """Trains the model in place and leaves it as it was at its best epoch, whose number it returns."""
        best, best_epoch, kept = math.inf, 0, {}
        for epoch in range(1, self.max_epochs + 1):
            model.train()
            total, rows = 0.0, 0
            for batch in data.train_batches():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                opt.step()
                total, rows = total + loss.item() * len(batch[0]), rows + len(batch[0])
            self.board.add("training loss", total / rows)
            model.eval()
            total, rows = 0.0, 0
            with torch.no_grad():
                for batch in data.valid_batches():
                    total, rows = total + model.validation_step(batch).item() * len(batch[0]), rows + len(batch[0])
            self.board.add("validation loss", total / rows)
            if total / rows < best:
                best, best_epoch = total / rows, epoch
                kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
            elif epoch - best_epoch > self.patience:
                break
        for name, tensor in model.state_dict().items():
            tensor.copy_(kept[name])
        return best_epoch


# %% wrong="Trainer: equal is better"
class DataModule:
    """Hands out batches of its rows."""

    def __init__(self, x, y, valid_x, valid_y, size: int):
        self.train, self.valid, self.size = (x, y), (valid_x, valid_y), size

    def train_batches(self):
        x, y = self.train
        for rows in torch.randperm(len(x)).split(self.size):
            yield x[rows], y[rows]

    def valid_batches(self):
        x, y = self.valid
        return zip(x.split(self.size), y.split(self.size), strict=True)


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        """Trains the model in place and leaves it as it was at its best epoch, whose number it returns."""
        best, best_epoch, kept = math.inf, 0, {}
        for epoch in range(1, self.max_epochs + 1):
            model.train()
            total, rows = 0.0, 0
            for batch in data.train_batches():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                opt.step()
                total, rows = total + loss.item() * len(batch[0]), rows + len(batch[0])
            self.board.add("training loss", total / rows)
            model.eval()
            total, rows = 0.0, 0
            with torch.no_grad():
                for batch in data.valid_batches():
                    total, rows = total + model.validation_step(batch).item() * len(batch[0]), rows + len(batch[0])
            self.board.add("validation loss", total / rows)
            if total / rows <= best:
                best, best_epoch = total / rows, epoch
                kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
            elif epoch - best_epoch >= self.patience:
                break
        for name, tensor in model.state_dict().items():
            tensor.copy_(kept[name])
        return best_epoch


# %% wrong="Trainer: counts from 0"
class DataModule:
    """Hands out batches of its rows."""

    def __init__(self, x, y, valid_x, valid_y, size: int):
        self.train, self.valid, self.size = (x, y), (valid_x, valid_y), size

    def train_batches(self):
        x, y = self.train
        for rows in torch.randperm(len(x)).split(self.size):
            yield x[rows], y[rows]

    def valid_batches(self):
        x, y = self.valid
        return zip(x.split(self.size), y.split(self.size), strict=True)


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        """Trains the model in place and leaves it as it was at its best epoch, whose number it returns."""
        best, best_epoch, kept = math.inf, 0, {}
        for epoch in range(1, self.max_epochs + 1):
            model.train()
            total, rows = 0.0, 0
            for batch in data.train_batches():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                opt.step()
                total, rows = total + loss.item() * len(batch[0]), rows + len(batch[0])
            self.board.add("training loss", total / rows)
            model.eval()
            total, rows = 0.0, 0
            with torch.no_grad():
                for batch in data.valid_batches():
                    total, rows = total + model.validation_step(batch).item() * len(batch[0]), rows + len(batch[0])
            self.board.add("validation loss", total / rows)
            if total / rows < best:
                best, best_epoch = total / rows, epoch
                kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
            elif epoch - best_epoch >= self.patience:
                break
        for name, tensor in model.state_dict().items():
            tensor.copy_(kept[name])
        return best_epoch - 1


# %% wrong="Trainer: mean over the batches"
class DataModule:
    """Hands out batches of its rows."""

    def __init__(self, x, y, valid_x, valid_y, size: int):
        self.train, self.valid, self.size = (x, y), (valid_x, valid_y), size

    def train_batches(self):
        x, y = self.train
        for rows in torch.randperm(len(x)).split(self.size):
            yield x[rows], y[rows]

    def valid_batches(self):
        x, y = self.valid
        return zip(x.split(self.size), y.split(self.size), strict=True)


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        """Trains the model in place and leaves it as it was at its best epoch, whose number it returns."""
        best, best_epoch, kept = math.inf, 0, {}
        for epoch in range(1, self.max_epochs + 1):
            model.train()
            total, rows = 0.0, 0
            for batch in data.train_batches():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                opt.step()
                total, rows = total + loss.item(), rows + 1
            self.board.add("training loss", total / rows)
            model.eval()
            total, rows = 0.0, 0
            with torch.no_grad():
                for batch in data.valid_batches():
                    total, rows = total + model.validation_step(batch).item() * len(batch[0]), rows + len(batch[0])
            self.board.add("validation loss", total / rows)
            if total / rows < best:
                best, best_epoch = total / rows, epoch
                kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
            elif epoch - best_epoch >= self.patience:
                break
        for name, tensor in model.state_dict().items():
            tensor.copy_(kept[name])
        return best_epoch


# %% wrong="Trainer: labels stay in their order"
class DataModule:
    """Hands out batches of its rows."""

    def __init__(self, x, y, valid_x, valid_y, size: int):
        self.train, self.valid, self.size = (x, y), (valid_x, valid_y), size

    def train_batches(self):
        x, y = self.train
        for rows in torch.randperm(len(x)).split(self.size):
            yield x[rows], y[rows.sort().values]

    def valid_batches(self):
        x, y = self.valid
        return zip(x.split(self.size), y.split(self.size), strict=True)


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        """Trains the model in place and leaves it as it was at its best epoch, whose number it returns."""
        best, best_epoch, kept = math.inf, 0, {}
        for epoch in range(1, self.max_epochs + 1):
            model.train()
            total, rows = 0.0, 0
            for batch in data.train_batches():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                opt.step()
                total, rows = total + loss.item() * len(batch[0]), rows + len(batch[0])
            self.board.add("training loss", total / rows)
            model.eval()
            total, rows = 0.0, 0
            with torch.no_grad():
                for batch in data.valid_batches():
                    total, rows = total + model.validation_step(batch).item() * len(batch[0]), rows + len(batch[0])
            self.board.add("validation loss", total / rows)
            if total / rows < best:
                best, best_epoch = total / rows, epoch
                kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
            elif epoch - best_epoch >= self.patience:
                break
        for name, tensor in model.state_dict().items():
            tensor.copy_(kept[name])
        return best_epoch


# %% wrong="Trainer: gradients pile up"
class DataModule:
    """Hands out batches of its rows."""

    def __init__(self, x, y, valid_x, valid_y, size: int):
        self.train, self.valid, self.size = (x, y), (valid_x, valid_y), size

    def train_batches(self):
        x, y = self.train
        for rows in torch.randperm(len(x)).split(self.size):
            yield x[rows], y[rows]

    def valid_batches(self):
        x, y = self.valid
        return zip(x.split(self.size), y.split(self.size), strict=True)


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        """Trains the model in place and leaves it as it was at its best epoch, whose number it returns."""
        best, best_epoch, kept = math.inf, 0, {}
        for epoch in range(1, self.max_epochs + 1):
            model.train()
            total, rows = 0.0, 0
            for batch in data.train_batches():
                loss = model.training_step(batch)
                loss.backward()
                opt.step()
                total, rows = total + loss.item() * len(batch[0]), rows + len(batch[0])
            self.board.add("training loss", total / rows)
            model.eval()
            total, rows = 0.0, 0
            with torch.no_grad():
                for batch in data.valid_batches():
                    total, rows = total + model.validation_step(batch).item() * len(batch[0]), rows + len(batch[0])
            self.board.add("validation loss", total / rows)
            if total / rows < best:
                best, best_epoch = total / rows, epoch
                kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
            elif epoch - best_epoch >= self.patience:
                break
        for name, tensor in model.state_dict().items():
            tensor.copy_(kept[name])
        return best_epoch


# %% wrong="Trainer: stays in evaluation mode"
class DataModule:
    """Hands out batches of its rows."""

    def __init__(self, x, y, valid_x, valid_y, size: int):
        self.train, self.valid, self.size = (x, y), (valid_x, valid_y), size

    def train_batches(self):
        x, y = self.train
        for rows in torch.randperm(len(x)).split(self.size):
            yield x[rows], y[rows]

    def valid_batches(self):
        x, y = self.valid
        return zip(x.split(self.size), y.split(self.size), strict=True)


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        """Trains the model in place and leaves it as it was at its best epoch, whose number it returns."""
        best, best_epoch, kept = math.inf, 0, {}
        model.train()
        for epoch in range(1, self.max_epochs + 1):
            total, rows = 0.0, 0
            for batch in data.train_batches():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                opt.step()
                total, rows = total + loss.item() * len(batch[0]), rows + len(batch[0])
            self.board.add("training loss", total / rows)
            model.eval()
            total, rows = 0.0, 0
            with torch.no_grad():
                for batch in data.valid_batches():
                    total, rows = total + model.validation_step(batch).item() * len(batch[0]), rows + len(batch[0])
            self.board.add("validation loss", total / rows)
            if total / rows < best:
                best, best_epoch = total / rows, epoch
                kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
            elif epoch - best_epoch >= self.patience:
                break
        for name, tensor in model.state_dict().items():
            tensor.copy_(kept[name])
        return best_epoch


# %% wrong="Trainer: records in validation"
class DataModule:
    """Hands out batches of its rows."""

    def __init__(self, x, y, valid_x, valid_y, size: int):
        self.train, self.valid, self.size = (x, y), (valid_x, valid_y), size

    def train_batches(self):
        x, y = self.train
        for rows in torch.randperm(len(x)).split(self.size):
            yield x[rows], y[rows]

    def valid_batches(self):
        x, y = self.valid
        return zip(x.split(self.size), y.split(self.size), strict=True)


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        """Trains the model in place and leaves it as it was at its best epoch, whose number it returns."""
        best, best_epoch, kept = math.inf, 0, {}
        for epoch in range(1, self.max_epochs + 1):
            model.train()
            total, rows = 0.0, 0
            for batch in data.train_batches():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                opt.step()
                total, rows = total + loss.item() * len(batch[0]), rows + len(batch[0])
            self.board.add("training loss", total / rows)
            model.eval()
            total, rows = 0.0, 0
            if True:
                for batch in data.valid_batches():
                    total, rows = total + model.validation_step(batch).item() * len(batch[0]), rows + len(batch[0])
            self.board.add("validation loss", total / rows)
            if total / rows < best:
                best, best_epoch = total / rows, epoch
                kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
            elif epoch - best_epoch >= self.patience:
                break
        for name, tensor in model.state_dict().items():
            tensor.copy_(kept[name])
        return best_epoch


# %% equivalent="Trainer: the methods of the data module take nothing that they could change"
# spoiler: DataModule changes its inputs


# %% equivalent="Trainer: there are as many answers as rows"
# - return zip(x.split(self.size), y.split(self.size), strict=True)
# + return zip(x.split(self.size), y.split(self.size))


# %% equivalent="Trainer: the first epoch is better than nothing"
# - best, best_epoch, kept = (math.inf, 0, {})
# + best, best_epoch, kept = (math.inf, 1, {})


# %% equivalent="Trainer: a sum may begin with a zero of either kind"
# - total, rows = (0.0, 0)
# + total, rows = (0, 0.0)


# %% equivalent="Trainer: there are as many answers as rows, case 2"
# - return zip(x.split(self.size), y.split(self.size), strict=True)
# + return zip(x.split(self.size), y.split(self.size), strict=False)


# %% equivalent="Trainer: there are as many answers as rows, case 3"
# - total, rows = (total + loss.item() * len(batch[0]), rows + len(batch[0]))
# + total, rows = (total + loss.item() * len(batch[0]), rows + len(batch[1]))


# %% equivalent="Trainer: there are as many answers as rows, case 4"
# - total, rows = (total + loss.item() * len(batch[0]), rows + len(batch[0]))
# + total, rows = (total + loss.item() * len(batch[1]), rows + len(batch[0]))


# %% equivalent="Trainer: there are as many answers as rows, case 5"
# - total, rows = (total + model.validation_step(batch).item() * len(batch[0]), rows + len(batch[0]))
# + total, rows = (total + model.validation_step(batch).item() * len(batch[0]), rows + len(batch[1]))


# %% equivalent="Trainer: there are as many answers as rows, case 6"
# - total, rows = (total + model.validation_step(batch).item() * len(batch[0]), rows + len(batch[0]))
# + total, rows = (total + model.validation_step(batch).item() * len(batch[1]), rows + len(batch[0]))


# %% [markdown] explains="Tower"
# A module registers what is assigned to it if it is a Parameter or a Module. A Python list is neither. So
# `parameters()` held the last layer only: the optimiser trained it on top of random features, and the file held nothing
# else. `nn.ModuleList` is a Module that is also a list.


# %% right="Tower: a Sequential"
class Tower(nn.Module):
    """So many hidden layers of ReLUs (depth), each of this width, and a linear layer on top of them."""

    def __init__(self, features: int, width: int, depth: int, classes: int):
        super().__init__()
        sizes = [features] + depth * [width]
        self.hidden = nn.Sequential(*[nn.Linear(d, units) for d, units in itertools.pairwise(sizes)])
        self.out = nn.Linear(width, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.hidden:
            x = torch.relu(layer(x))
        return self.out(x)


# %% right="Tower: add_module"
class Tower(nn.Module):
    """So many hidden layers of ReLUs (depth), each of this width, and a linear layer on top of them."""

    def __init__(self, features: int, width: int, depth: int, classes: int):
        super().__init__()
        sizes = [features] + depth * [width]
        self.depth = depth
        for number in range(depth):
            self.add_module(f"hidden{number}", nn.Linear(sizes[number], width))
        self.out = nn.Linear(width, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in [getattr(self, f"hidden{number}") for number in range(self.depth)]:
            x = torch.relu(layer(x))
        return self.out(x)


# %% wrong="Tower: as it was"
class Tower(nn.Module):
    """So many hidden layers of ReLUs (depth), each of this width, and a linear layer on top of them."""

    def __init__(self, features: int, width: int, depth: int, classes: int):
        super().__init__()
        sizes = [features] + depth * [width]
        self.hidden = [nn.Linear(d, units) for d, units in itertools.pairwise(sizes)]
        self.out = nn.Linear(width, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.hidden:
            x = torch.relu(layer(x))
        return self.out(x)


# %% wrong="Tower: only the first one is registered"
class Tower(nn.Module):
    """So many hidden layers of ReLUs (depth), each of this width, and a linear layer on top of them."""

    def __init__(self, features: int, width: int, depth: int, classes: int):
        super().__init__()
        sizes = [features] + depth * [width]
        self.first = nn.Linear(features, width)
        self.hidden = [self.first] + [nn.Linear(width, width) for _ in range(depth - 1)]
        self.out = nn.Linear(width, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.hidden:
            x = torch.relu(layer(x))
        return self.out(x)


# %% wrong="Tower: the same layer again and again"
class Tower(nn.Module):
    """So many hidden layers of ReLUs (depth), each of this width, and a linear layer on top of them."""

    def __init__(self, features: int, width: int, depth: int, classes: int):
        super().__init__()
        sizes = [features] + depth * [width]
        self.first = nn.Linear(features, width)
        again = nn.Linear(width, width)
        self.hidden = nn.ModuleList([self.first] + [again] * (depth - 1))
        self.out = nn.Linear(width, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.hidden:
            x = torch.relu(layer(x))
        return self.out(x)


# %% wrong="Tower: no ReLU"
class Tower(nn.Module):
    """So many hidden layers of ReLUs (depth), each of this width, and a linear layer on top of them."""

    def __init__(self, features: int, width: int, depth: int, classes: int):
        super().__init__()
        sizes = [features] + depth * [width]
        self.hidden = nn.ModuleList(nn.Linear(d, units) for d, units in itertools.pairwise(sizes))
        self.out = nn.Linear(width, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.hidden:
            x = layer(x)
        return self.out(x)


# %% wrong="Tower: a ReLU after the last layer"
class Tower(nn.Module):
    """So many hidden layers of ReLUs (depth), each of this width, and a linear layer on top of them."""

    def __init__(self, features: int, width: int, depth: int, classes: int):
        super().__init__()
        sizes = [features] + depth * [width]
        self.hidden = nn.ModuleList(nn.Linear(d, units) for d, units in itertools.pairwise(sizes))
        self.out = nn.Linear(width, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.hidden:
            x = torch.relu(layer(x))
        return torch.relu(self.out(x))


# %% wrong="Tower: a tuple"
class Tower(nn.Module):
    """So many hidden layers of ReLUs (depth), each of this width, and a linear layer on top of them."""

    def __init__(self, features: int, width: int, depth: int, classes: int):
        super().__init__()
        sizes = [features] + depth * [width]
        self.hidden = tuple(nn.Linear(d, units) for d, units in itertools.pairwise(sizes))
        self.out = nn.Linear(width, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.hidden:
            x = torch.relu(layer(x))
        return self.out(x)
