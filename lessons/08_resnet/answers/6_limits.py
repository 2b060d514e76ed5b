# Answers to the exercises of 6_limits.py, right and wrong: what `course audit` grades. No student sees them.

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
