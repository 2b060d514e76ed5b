# Answers to the exercises of 5_fine_tuning.py, right and wrong: what `course audit` grades. No student sees them.

# %% right="fine_tune: two loops and no_grad"
def fine_tune(net, loaders, loss_func, optimizer, scheduler, epochs):
    best_accuracy, best_weights = -1.0, {}
    for _ in range(epochs):
        net.train(True)
        for xb, yb in loaders["train"]:
            loss = loss_func(net(xb), yb)
            net.zero_grad()
            loss.backward()
            optimizer.step()
        scheduler.step()
        net.train(False)
        with torch.no_grad():
            hits = torch.cat([net(xb).argmax(1) == yb for xb, yb in loaders["valid"]])
        accuracy = hits.float().mean().item()
        if accuracy > best_accuracy:
            best_accuracy = accuracy
            best_weights = {name: value.clone() for name, value in net.state_dict().items()}
    net.load_state_dict(best_weights)
    return best_accuracy


# %% right="fine_tune: remembers every epoch"
def fine_tune(net, loaders, loss_func, optimizer, scheduler, epochs):
    history = []
    for _ in range(epochs):
        net.train()
        for xb, yb in loaders["train"]:
            optimizer.zero_grad(set_to_none=False)
            loss_func(net(xb), yb).backward()
            optimizer.step()
        scheduler.step()
        net.eval()
        right = 0
        with torch.inference_mode():
            for xb, yb in loaders["valid"]:
                right += int((torch.max(net(xb), 1).indices == yb).sum())
        history.append((right / len(loaders["valid"].dataset), copy.deepcopy(net.state_dict())))
    accuracies = [accuracy for accuracy, _ in history]
    best = accuracies.index(max(accuracies))
    net.load_state_dict(history[best][1])
    return accuracies[best]


# %% right="fine_tune: keeps a copy of the whole network"
def fine_tune(net, loaders, loss_func, optimizer, scheduler, epochs):
    best = None
    for _ in range(epochs):
        net.train()
        for xb, yb in loaders["train"]:
            loss_func(net(xb), yb).backward()
            optimizer.step()
            optimizer.zero_grad()
        net.eval()
        with torch.no_grad():
            accuracy = torch.cat([net(xb).softmax(1).argmax(-1) == yb for xb, yb in loaders["valid"]]).double().mean()
        scheduler.step()
        if best is None or accuracy > best[0]:
            best = accuracy, copy.deepcopy(net)
    net.load_state_dict(best[1].state_dict())
    return float(best[0])


# %% wrong="fine_tune: keeps the living tensors"
def fine_tune(net, loaders, loss_func, optimizer, scheduler, epochs):
    best_accuracy, best_weights = 0.0, None
    for _ in range(epochs):
        for phase in ("train", "valid"):
            net.train(phase == "train")
            right, total = 0, 0
            for xb, yb in loaders[phase]:
                optimizer.zero_grad()
                with torch.set_grad_enabled(phase == "train"):
                    scores = net(xb)
                    loss = loss_func(scores, yb)
                if phase == "train":
                    loss.backward()
                    optimizer.step()
                right += (scores.argmax(dim=1) == yb).sum().item()
                total += len(yb)
            if phase == "train":
                scheduler.step()
            elif right / total > best_accuracy:
                best_accuracy, best_weights = right / total, net.state_dict()
    net.load_state_dict(best_weights)
    return best_accuracy


# %% wrong="fine_tune: a shallow copy"
def fine_tune(net, loaders, loss_func, optimizer, scheduler, epochs):
    best_accuracy, best_weights = 0.0, None
    for _ in range(epochs):
        for phase in ("train", "valid"):
            net.train(phase == "train")
            right, total = 0, 0
            for xb, yb in loaders[phase]:
                optimizer.zero_grad()
                with torch.set_grad_enabled(phase == "train"):
                    scores = net(xb)
                    loss = loss_func(scores, yb)
                if phase == "train":
                    loss.backward()
                    optimizer.step()
                right += (scores.argmax(dim=1) == yb).sum().item()
                total += len(yb)
            if phase == "train":
                scheduler.step()
            elif right / total > best_accuracy:
                best_accuracy, best_weights = right / total, copy.copy(net.state_dict())
    net.load_state_dict(best_weights)
    return best_accuracy


# %% wrong="fine_tune: the schedule moves with every batch"
def fine_tune(net, loaders, loss_func, optimizer, scheduler, epochs):
    best_accuracy, best_weights = 0.0, None
    for _ in range(epochs):
        for phase in ("train", "valid"):
            net.train(phase == "train")
            right, total = 0, 0
            for xb, yb in loaders[phase]:
                optimizer.zero_grad()
                with torch.set_grad_enabled(phase == "train"):
                    scores = net(xb)
                    loss = loss_func(scores, yb)
                if phase == "train":
                    loss.backward()
                    optimizer.step()
                    scheduler.step()
                right += (scores.argmax(dim=1) == yb).sum().item()
                total += len(yb)
            if phase == "valid" and right / total > best_accuracy:
                best_accuracy, best_weights = right / total, copy.deepcopy(net.state_dict())
    net.load_state_dict(best_weights)
    return best_accuracy


# %% wrong="fine_tune: keeps the latest of the best"
def fine_tune(net, loaders, loss_func, optimizer, scheduler, epochs):
    best_accuracy, best_weights = 0.0, None
    for _ in range(epochs):
        for phase in ("train", "valid"):
            net.train(phase == "train")
            right, total = 0, 0
            for xb, yb in loaders[phase]:
                optimizer.zero_grad()
                with torch.set_grad_enabled(phase == "train"):
                    scores = net(xb)
                    loss = loss_func(scores, yb)
                if phase == "train":
                    loss.backward()
                    optimizer.step()
                right += (scores.argmax(dim=1) == yb).sum().item()
                total += len(yb)
            if phase == "train":
                scheduler.step()
            elif right / total >= best_accuracy:
                best_accuracy, best_weights = right / total, copy.deepcopy(net.state_dict())
    net.load_state_dict(best_weights)
    return best_accuracy


# %% wrong="fine_tune: trains in evaluation mode"
def fine_tune(net, loaders, loss_func, optimizer, scheduler, epochs):
    best_accuracy, best_weights = 0.0, None
    net.train()
    for _ in range(epochs):
        for phase in ("train", "valid"):
            if phase == "valid":
                net.eval()
            right, total = 0, 0
            for xb, yb in loaders[phase]:
                optimizer.zero_grad()
                with torch.set_grad_enabled(phase == "train"):
                    scores = net(xb)
                    loss = loss_func(scores, yb)
                if phase == "train":
                    loss.backward()
                    optimizer.step()
                right += (scores.argmax(dim=1) == yb).sum().item()
                total += len(yb)
            if phase == "train":
                scheduler.step()
            elif right / total > best_accuracy:
                best_accuracy, best_weights = right / total, copy.deepcopy(net.state_dict())
    net.load_state_dict(best_weights)
    return best_accuracy


# %% wrong="fine_tune: goes home with the last weights"
def fine_tune(net, loaders, loss_func, optimizer, scheduler, epochs):
    best_accuracy = 0.0
    for _ in range(epochs):
        for phase in ("train", "valid"):
            net.train(phase == "train")
            right, total = 0, 0
            for xb, yb in loaders[phase]:
                optimizer.zero_grad()
                with torch.set_grad_enabled(phase == "train"):
                    scores = net(xb)
                    loss = loss_func(scores, yb)
                if phase == "train":
                    loss.backward()
                    optimizer.step()
                right += (scores.argmax(dim=1) == yb).sum().item()
                total += len(yb)
            if phase == "train":
                scheduler.step()
            best_accuracy = max(best_accuracy, right / total) if phase == "valid" else best_accuracy
    return best_accuracy


# %% wrong="fine_tune: the mean of the batches"
def fine_tune(net, loaders, loss_func, optimizer, scheduler, epochs):
    best_accuracy, best_weights = 0.0, None
    for _ in range(epochs):
        net.train()
        for xb, yb in loaders["train"]:
            optimizer.zero_grad()
            loss_func(net(xb), yb).backward()
            optimizer.step()
        scheduler.step()
        net.eval()
        with torch.no_grad():
            shares = [(net(xb).argmax(dim=1) == yb).float().mean().item() for xb, yb in loaders["valid"]]
        if sum(shares) / len(shares) > best_accuracy:
            best_accuracy, best_weights = sum(shares) / len(shares), copy.deepcopy(net.state_dict())
    net.load_state_dict(best_weights)
    return best_accuracy


# %% wrong="fine_tune: gradients stay off"
def fine_tune(net, loaders, loss_func, optimizer, scheduler, epochs):
    best_accuracy, best_weights = 0.0, copy.deepcopy(net.state_dict())
    for _ in range(epochs):
        for phase in ("train", "valid"):
            net.train(phase == "train")
            right, total = 0, 0
            for xb, yb in loaders[phase]:
                optimizer.zero_grad()
                torch.set_grad_enabled(phase == "train")
                scores = net(xb)
                loss = loss_func(scores, yb)
                if phase == "train":
                    loss.backward()
                    optimizer.step()
                right += (scores.argmax(dim=1) == yb).sum().item()
                total += len(yb)
            if phase == "train":
                scheduler.step()
            elif right / total > best_accuracy:
                best_accuracy, best_weights = right / total, copy.deepcopy(net.state_dict())
    net.load_state_dict(best_weights)
    return best_accuracy


# %% right="fine_tune: validates twice, once for the loss"
def fine_tune(net, loaders, loss_func, optimizer, scheduler, epochs):
    best_accuracy, best_weights = -1.0, None
    for epoch in range(epochs):
        net.train()
        for xb, yb in loaders["train"]:
            optimizer.zero_grad()
            loss_func(net(xb), yb).backward()
            optimizer.step()
        scheduler.step()
        net.eval()
        loss, right = 0.0, 0
        with torch.no_grad():
            for xb, yb in loaders["valid"]:
                loss += loss_func(net(xb), yb).item() * len(xb)
                right += (net(xb).argmax(1) == yb).sum().item()
        accuracy = right / len(loaders["valid"].dataset)
        print(f"epoch {epoch}: loss {loss / len(loaders['valid'].dataset):.3f}, accuracy {accuracy:.3f}")
        if accuracy > best_accuracy:
            best_accuracy, best_weights = accuracy, copy.deepcopy(net.state_dict())
    net.load_state_dict(best_weights)
    return best_accuracy


# %% wrong="fine_tune: looks at the start as well"
def fine_tune(net, loaders, loss_func, optimizer, scheduler, epochs):
    def score():
        net.eval()
        with torch.no_grad():
            hits = [(net(xb).argmax(1) == yb).float() for xb, yb in loaders["valid"]]
        return torch.cat(hits).double().mean().item()

    best_accuracy, best_weights = score(), copy.deepcopy(net.state_dict())
    for _ in range(epochs):
        net.train()
        for xb, yb in loaders["train"]:
            optimizer.zero_grad()
            loss_func(net(xb), yb).backward()
            optimizer.step()
        scheduler.step()
        if (accuracy := score()) > best_accuracy:
            best_accuracy, best_weights = accuracy, copy.deepcopy(net.state_dict())
    net.load_state_dict(best_weights)
    return best_accuracy


# %% wrong="train_head: only the norms in evaluation mode, dropout still drops"
def train_head(net, x, y, lr, steps):
    net.train()
    for module in net.modules():
        if isinstance(module, nn.modules.batchnorm._BatchNorm):
            module.eval()
    net.requires_grad_(False)
    net.fc.requires_grad_(True)
    opt = torch.optim.SGD(net.fc.parameters(), lr)
    losses = []
    for _ in range(steps):
        loss = F.cross_entropy(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% right="train_head: everything in evaluation mode, the head switched back"
def train_head(net, x, y, lr, steps):
    for name, parameter in net.named_parameters():
        parameter.requires_grad = name.startswith("fc")
    opt = torch.optim.SGD(filter(lambda p: p.requires_grad, net.parameters()), lr=lr)
    losses = []
    for _ in range(steps):
        net.eval()
        net.fc.train()
        opt.zero_grad()
        loss = F.cross_entropy(net(x), y)
        losses.append(loss.item())
        loss.backward()
        opt.step()
    return losses


# %% right="train_head: computes what enters the head once"
def train_head(net, x, y, lr, steps):
    entered = []
    handle = net.fc.register_forward_hook(lambda module, inputs, output: entered.append(inputs[0]))
    net.eval()
    with torch.no_grad():
        net(x)
    handle.remove()
    opt = torch.optim.SGD(net.fc.parameters(), lr)
    losses = []
    for _ in range(steps):
        loss = F.cross_entropy(net.fc(entered[0]), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(float(loss))
    return losses


# %% wrong="train_head: as it was"
def train_head(net, x, y, lr, steps):
    net.train()
    net.requires_grad_(False)
    net.fc.requires_grad_(True)
    opt = torch.optim.SGD(net.fc.parameters(), lr)
    losses = []
    for _ in range(steps):
        loss = F.cross_entropy(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="train_head: puts the state back at the end"
def train_head(net, x, y, lr, steps):
    before = copy.deepcopy(net.state_dict())
    net.train()
    net.requires_grad_(False)
    net.fc.requires_grad_(True)
    opt = torch.optim.SGD(net.fc.parameters(), lr)
    losses = []
    for _ in range(steps):
        loss = F.cross_entropy(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    net.load_state_dict({k: v for k, v in before.items() if not k.startswith("fc")}, strict=False)
    return losses


# %% wrong="train_head: a wider no_grad"
def train_head(net, x, y, lr, steps):
    net.train()
    net.requires_grad_(False)
    net.fc.requires_grad_(True)
    opt = torch.optim.SGD(net.fc.parameters(), lr)
    losses = []
    for _ in range(steps):
        with torch.no_grad():
            net(x)
        loss = F.cross_entropy(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="train_head: a momentum of zero for the norms"
def train_head(net, x, y, lr, steps):
    net.train()
    for module in net.modules():
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            module.momentum = 0.0
    net.requires_grad_(False)
    net.fc.requires_grad_(True)
    opt = torch.optim.SGD(net.fc.parameters(), lr)
    losses = []
    for _ in range(steps):
        loss = F.cross_entropy(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="train_head: unfreezes the whole net"
def train_head(net, x, y, lr, steps):
    net.eval()
    net.requires_grad_(True)
    opt = torch.optim.SGD(net.parameters(), lr)
    losses = []
    for _ in range(steps):
        loss = F.cross_entropy(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="train_head: only one kind of norm in evaluation mode"
def train_head(net, x, y, lr, steps):
    net.train()
    for module in net.modules():
        if isinstance(module, nn.BatchNorm1d | nn.Dropout):
            module.eval()
    net.requires_grad_(False)
    net.fc.requires_grad_(True)
    opt = torch.optim.SGD(net.fc.parameters(), lr)
    losses = []
    for _ in range(steps):
        loss = F.cross_entropy(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="train_head: norms and dropout in evaluation mode, the network itself not"
def train_head(net, x, y, lr, steps):
    net.train()
    for module in net.modules():
        if isinstance(module, nn.modules.batchnorm._BatchNorm | nn.Dropout):
            module.eval()
    net.requires_grad_(False)
    net.fc.requires_grad_(True)
    opt = torch.optim.SGD(net.fc.parameters(), lr)
    losses = []
    for _ in range(steps):
        loss = F.cross_entropy(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="train_head: trains a copy of the head and puts it in its place"
def train_head(net, x, y, lr: float, steps: int) -> list[float]:
    net.eval()
    net.requires_grad_(False)
    net.fc = copy.deepcopy(net.fc).requires_grad_(True)
    opt = torch.optim.SGD(net.fc.parameters(), lr)
    losses = []
    for _ in range(steps):
        loss = F.cross_entropy(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="train_head: losses as tensors"
def train_head(net, x, y, lr: float, steps: int) -> list[float]:
    net.eval()
    net.requires_grad_(False)
    net.fc.requires_grad_(True)
    opt = torch.optim.SGD(net.fc.parameters(), lr)
    losses = []
    for _ in range(steps):
        loss = F.cross_entropy(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.detach())
    return losses


# %% [markdown] explains="fine_tune"
# Ask of each line in which phase it belongs. `backward` and `step` are for training only; `train()` and `eval()` set
# the mode at the start of each phase, since the other one has just changed it; the schedule moves once an epoch, after
# the training phase. `set_grad_enabled(phase == "train")` is a block, so that the setting is restored even if something
# fails.
#
# The line that matters most is `deepcopy`. `state_dict()` holds the living tensors, which training goes on changing:
# without the copy, "the best weights" are always the present ones, and loading them at the end does nothing. The
# returned accuracy would be right, and the network another one. A shallow copy of the dict copies names and not
# tensors. `>` keeps the first of equally good epochs. Count right answers and rows and divide at the end; a mean of the
# batches' shares would give a small last batch too much weight.

# %% [markdown] explains="train_head"
# Compare the `state_dict()` before and after: `running_mean` and `running_var` have moved. They are buffers. No
# gradient changes them, and so `requires_grad = False` does not protect them; in training mode, batch norm updates them
# at every call. It also normalises by the batch at hand, so the head learns on features that the network will not
# compute in use. `net.eval()` cures both.
#
# Putting the old buffers back at the end looks like a repair and leaves the second fault: the head was trained on other
# features. Nor is it enough to switch the batch norms alone. Dropout would still drop, and so would a module that asks
# for its own `self.training`. "Frozen" means two things, then: no gradient, and evaluation mode.
