# Answers to the exercises of 3_trainer.py, right and wrong: what `course audit` grades. No student sees them.

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


# %% right="Momentum: a buffer that is changed in place"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        if "v" not in memory:
            memory["v"] = torch.zeros_like(p)
        v = memory["v"]
        v.mul_(self.momentum).add_(g)
        if self.nesterov:
            p.add_(g + self.momentum * v, alpha=-self.lr)
        else:
            p.add_(v, alpha=-self.lr)


# %% right="Momentum: the learning rate at the end, through .data"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        v = g.clone() if memory.get("v") is None else memory["v"] * self.momentum + g
        memory["v"] = v
        step = v if not self.nesterov else v * self.momentum + g
        p.data = p.data - step * self.lr


# %% right="Momentum: single precision buffer"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        v = memory.setdefault("v", torch.zeros(p.shape))
        v *= self.momentum
        v += g
        p.sub_(self.lr * (g + self.momentum * v) if self.nesterov else self.lr * v)


# %% wrong="Momentum: a running average"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        velocity = self.momentum * memory.get("velocity", 0) + (1 - self.momentum) * g
        memory["velocity"] = velocity
        p -= self.lr * (g + self.momentum * velocity if self.nesterov else velocity)


# %% wrong="Momentum: Nesterov with the old velocity"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        old = memory.get("velocity", 0)
        velocity = self.momentum * old + g
        memory["velocity"] = velocity
        p -= self.lr * (g + self.momentum * old if self.nesterov else velocity)


# %% wrong="Momentum: one velocity for all"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False
    velocity = 0

    def update(self, p, g, memory):
        self.velocity = self.momentum * self.velocity + g.mean()
        p -= self.lr * (g + self.momentum * self.velocity if self.nesterov else self.velocity)


# %% wrong="Momentum: remembers nothing"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        velocity = self.momentum * memory.get("velocity", 0) + g
        p -= self.lr * (g + self.momentum * velocity if self.nesterov else velocity)


# %% wrong="Momentum: Nesterov forgotten"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        memory["velocity"] = self.momentum * memory.get("velocity", 0) + g
        p -= self.lr * memory["velocity"]


# %% wrong="Momentum: a new tensor instead of in place"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        velocity = self.momentum * memory.get("velocity", 0) + g
        memory["velocity"] = velocity
        p = p - self.lr * (g + self.momentum * velocity if self.nesterov else velocity)


# %% wrong="Momentum: one velocity for all parameters of one shape"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False
    shared = {}

    def update(self, p, g, memory):
        key = (id(self), tuple(p.shape))
        v = self.momentum * self.shared.get(key, 0) + g
        self.shared[key] = v
        p -= self.lr * (g + self.momentum * v if self.nesterov else v)


# %% wrong="Momentum: the velocity holds the learning rate, and the look ahead is by nine tenths"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        v = self.momentum * memory.get("v", 0) + g
        memory["v"] = v
        p -= self.lr * (g + 0.9 * v if self.nesterov else v)


# %% wrong="Momentum: at most nine tenths of the velocity are kept"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        mu = min(self.momentum, 0.9)
        v = mu * memory.get("v", 0) + g
        memory["v"] = v
        p -= self.lr * (g + mu * v if self.nesterov else v)


# %% right="Momentum: an instance attribute for each parameter"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        if "v" not in memory:
            memory["v"] = torch.zeros(p.shape)
        memory["v"].mul_(self.momentum).add_(g)
        step = g.add(memory["v"], alpha=self.momentum) if self.nesterov else memory["v"]
        p.add_(step, alpha=-self.lr)


# %% wrong="Momentum: the gradient becomes the velocity"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        first = g.clone()
        g += self.momentum * memory.get("velocity", 0)
        memory["velocity"] = g.clone()
        p -= self.lr * (first + self.momentum * g if self.nesterov else g)


# %% wrong="Momentum: the velocity is the first gradient's own tensor"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        v = memory.setdefault("velocity", g)
        if v is not g:
            v.mul_(self.momentum).add_(g)
        elif memory.setdefault("steps", 0):
            v.mul_(1 + self.momentum)
        memory["steps"] = memory.get("steps", 0) + 1
        p -= self.lr * (g + self.momentum * v if self.nesterov else v)
