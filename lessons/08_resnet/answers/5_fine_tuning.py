# Answers to the exercises of 5_fine_tuning.py, right and wrong: what `course audit` grades. No student sees them.

# %% right="freeze_for: requires_grad_ on the whole net"
def freeze_for(net, classes, lr):
    net.requires_grad_(False)
    net.fc = nn.Linear(net.fc.weight.shape[1], classes)
    trainable = [p for p in net.parameters() if p.requires_grad]
    return torch.optim.SGD(trainable, lr, 0.9)


# %% right="freeze_for: head first, then freeze the rest by name"
def freeze_for(net, classes, lr):
    net.fc = nn.Linear(net.fc.in_features, classes)
    for name, parameter in net.named_parameters():
        parameter.requires_grad = name.startswith("fc.")
    return torch.optim.SGD([{"params": net.fc.parameters(), "lr": lr}], momentum=0.9, lr=lr)


# %% wrong="freeze_for: freezes the new head too"
def freeze_for(net, classes, lr):
    net.fc = nn.Linear(net.fc.in_features, classes)
    for parameter in net.parameters():
        parameter.requires_grad = False
    return torch.optim.SGD(net.fc.parameters(), lr=lr, momentum=0.9)


# %% wrong="freeze_for: a misspelt attribute"
def freeze_for(net, classes, lr):
    for parameter in net.parameters():
        parameter.require_grad = False
    net.fc = nn.Linear(net.fc.in_features, classes)
    return torch.optim.SGD(net.fc.parameters(), lr=lr, momentum=0.9)


# %% wrong="freeze_for: sets the flag on the module"
def freeze_for(net, classes, lr):
    for module in net.modules():
        module.requires_grad = False
    net.fc = nn.Linear(net.fc.in_features, classes)
    return torch.optim.SGD(net.fc.parameters(), lr=lr, momentum=0.9)


# %% wrong="freeze_for: the optimiser knows everything"
def freeze_for(net, classes, lr):
    for parameter in net.parameters():
        parameter.requires_grad = False
    net.fc = nn.Linear(net.fc.in_features, classes)
    return torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)


# %% wrong="freeze_for: the optimiser knows the old head"
def freeze_for(net, classes, lr):
    for parameter in net.parameters():
        parameter.requires_grad = False
    optimizer = torch.optim.SGD(net.fc.parameters(), lr=lr, momentum=0.9)
    net.fc = nn.Linear(net.fc.in_features, classes)
    return optimizer


# %% wrong="freeze_for: no momentum"
def freeze_for(net, classes, lr):
    for parameter in net.parameters():
        parameter.requires_grad = False
    net.fc = nn.Linear(net.fc.in_features, classes)
    return torch.optim.SGD(net.fc.parameters(), lr=lr)


# %% right="discriminative_groups: from the front"
def discriminative_groups(net, lr, factor):
    children = [child for child in net.children() if list(child.parameters())]
    last = len(children) - 1
    return [{"params": child.parameters(), "lr": lr * factor ** (place - last)} for place, child in enumerate(children)]


# %% right="discriminative_groups: a rate that shrinks"
def discriminative_groups(net, lr, factor):
    groups, rate = [], lr
    for child in list(net.children())[::-1]:
        if sum(p.numel() for p in child.parameters()) == 0:
            continue
        groups.insert(0, {"params": [*child.parameters()], "lr": rate})
        rate = rate / factor
    return groups


# %% wrong="discriminative_groups: fast at the bottom"
def discriminative_groups(net, lr, factor):
    groups = []
    for child in net.children():
        params = list(child.parameters())
        if params:
            groups.append({"params": params, "lr": lr / factor ** len(groups)})
    return groups


# %% wrong="discriminative_groups: a ReLU counts"
def discriminative_groups(net, lr, factor):
    groups = []
    for place, child in enumerate(reversed(list(net.children()))):
        params = list(child.parameters())
        if params:
            groups.append({"params": params, "lr": lr / factor**place})
    return groups


# %% wrong="discriminative_groups: takes away the same amount each time"
def discriminative_groups(net, lr, factor):
    groups = []
    for child in reversed(list(net.children())):
        params = list(child.parameters())
        if params:
            groups.append({"params": params, "lr": lr / (1 + len(groups) * (factor - 1))})
    return groups


# %% wrong="discriminative_groups: a group for each parameter"
def discriminative_groups(net, lr, factor):
    groups = []
    for p in reversed(list(net.parameters())):
        groups.append({"params": [p], "lr": lr / factor ** len(groups)})
    return groups


# %% wrong="discriminative_groups: the last one is divided too"
def discriminative_groups(net, lr, factor):
    groups = []
    for child in reversed(list(net.children())):
        params = list(child.parameters())
        if params:
            groups.append({"params": params, "lr": lr / factor ** (len(groups) + 1)})
    return groups


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


# %% wrong="freeze_for: whatever lies in something called fc stays trainable"
def freeze_for(net: nn.Module, classes: int, lr: float) -> torch.optim.Optimizer:
    for name, parameter in net.named_parameters():
        parameter.requires_grad = "fc" in name.split(".")
    net.fc = nn.Linear(net.fc.in_features, classes)
    return torch.optim.SGD(net.fc.parameters(), lr=lr, momentum=0.9)


# %% wrong="discriminative_groups: a child that holds numbers of any sort counts"
def discriminative_groups(net: nn.Module, lr: float, factor: float) -> list[dict]:
    groups = []
    for child in reversed(list(net.children())):
        if child.state_dict():
            groups.append({"params": list(child.parameters()), "lr": lr / factor ** len(groups)})
    return groups


# %% wrong="discriminative_groups: frozen parameters only where all of a child are frozen"
def discriminative_groups(net: nn.Module, lr: float, factor: float) -> list[dict]:
    groups = []
    for child in reversed(list(net.children())):
        params = list(child.parameters())
        if params:
            params = [p for p in params if p.requires_grad] or params
            groups.append({"params": params, "lr": lr / factor ** len(groups)})
    return groups
