# Answers to the exercises of 5_ten_digits.py, right and wrong: what `course audit` grades. No student sees them.

# %% right="nearest_digit: by broadcasting"
def nearest_digit(x, y, unknown, p=2):
    means = torch.stack([x[y == digit].mean(0) for digit in range(10)])
    gaps = (unknown[:, None] - means[None]).abs().pow(p).sum((-1, -2))
    return gaps.argmin(dim=1)


# %% right="nearest_digit: largest of the negative"
def nearest_digit(x, y, unknown, p=2):
    means = torch.stack([x[y == digit].mean(0).flatten() for digit in range(10)])
    return (-torch.cdist(unknown.flatten(1), means, p)).max(dim=-1).indices


# %% right="nearest_digit: one picture at a time"
def nearest_digit(x, y, unknown, p=2):
    means = [x[y == digit].mean(0) for digit in range(10)]
    return torch.tensor([min(range(10), key=lambda digit: torch.dist(one, means[digit], p)) for one in unknown])


# %% wrong="nearest_digit: the farthest"
def nearest_digit(x, y, unknown, p=2):
    means = torch.stack([x[y == digit].mean(0) for digit in range(10)])
    gaps = torch.cdist(unknown.flatten(1), means.flatten(1), p)
    return gaps.argmax(dim=1)


# %% wrong="nearest_digit: the nearest picture for each digit"
def nearest_digit(x, y, unknown, p=2):
    means = torch.stack([x[y == digit].mean(0) for digit in range(10)])
    gaps = torch.cdist(unknown.flatten(1), means.flatten(1), p)
    return gaps.argmin(dim=0)


# %% wrong="nearest_digit: always L2"
def nearest_digit(x, y, unknown, p=2):
    means = torch.stack([x[y == digit].mean(0) for digit in range(10)])
    gaps = torch.cdist(unknown.flatten(1), means.flatten(1))
    return gaps.argmin(dim=1)


# %% wrong="nearest_digit: the distance instead of the digit"
def nearest_digit(x, y, unknown, p=2):
    means = torch.stack([x[y == digit].mean(0) for digit in range(10)])
    gaps = torch.cdist(unknown.flatten(1), means.flatten(1), p)
    return gaps.amin(dim=1)


# %% wrong="softmax_loss: torch's logsumexp"
def softmax_loss(scores, labels):
    return (scores.logsumexp(dim=1) - scores.gather(1, labels[:, None])[:, 0]).mean()


# %% wrong="softmax_loss: torch's log_softmax"
def softmax_loss(scores, labels):
    picked = torch.log_softmax(scores, dim=-1) * F.one_hot(labels, scores.shape[1])
    return -picked.sum() / len(labels)


# %% wrong="softmax_loss: overflows"
def softmax_loss(scores, labels):
    p = scores.exp() / scores.exp().sum(dim=1, keepdim=True)
    return -p[torch.arange(len(labels)), labels].log().mean()


# %% wrong="softmax_loss: softmax down the batch"
def softmax_loss(scores, labels):
    return -torch.log_softmax(scores, dim=0)[torch.arange(len(labels)), labels].mean()


# %% wrong="softmax_loss: forgets the logarithm"
def softmax_loss(scores, labels):
    return -torch.softmax(scores, dim=1)[torch.arange(len(labels)), labels].mean()


# %% wrong="softmax_loss: adds up the batch"
def softmax_loss(scores, labels):
    scores = scores - scores.max(dim=1, keepdim=True).values
    return (scores.exp().sum(dim=1).log() - scores[torch.arange(len(labels)), labels]).sum()


# %% wrong="softmax_loss: picks whole columns"
def softmax_loss(scores, labels):
    return -torch.log_softmax(scores, dim=1)[:, labels].mean()


# %% wrong="softmax_loss: a small number against log(0)"
def softmax_loss(scores, labels):
    scores = scores - scores.max(dim=1, keepdim=True).values
    p = scores.exp() / scores.exp().sum(dim=1, keepdim=True)
    return -(p[torch.arange(len(labels)), labels] + 1e-8).log().mean()


# %% right="train_net: labels as a column"
def train_net(net, x, y, lr, steps):
    opt = torch.optim.SGD(net.parameters(), lr)
    losses = []
    for _ in range(steps):
        sure = net(x).sigmoid()
        loss = torch.where(y[:, None] == 1, 1 - sure, sure).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% right="train_net: squeezes the last axis"
def train_net(net, x, y, lr, steps):
    opt = torch.optim.SGD(net.parameters(), lr)
    losses = []
    for _ in range(steps):
        sure = net(x).squeeze(-1).sigmoid()
        loss = torch.where(y == 1, 1 - sure, sure).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="train_net: as it was"
def train_net(net, x, y, lr, steps):
    opt = torch.optim.SGD(net.parameters(), lr)
    losses = []
    for _ in range(steps):
        sure = net(x).sigmoid()
        loss = torch.where(y == 1, 1 - sure, sure).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="train_net: repairs what was not broken"
def train_net(net, x, y, lr, steps):
    opt = torch.optim.SGD(net.parameters(), lr)
    losses = []
    for _ in range(steps):
        sure = net(x).sigmoid()
        loss = torch.where(y == 1, sure, 1 - sure).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="train_net: takes the diagonal's sum"
def train_net(net, x, y, lr, steps):
    opt = torch.optim.SGD(net.parameters(), lr)
    losses = []
    for _ in range(steps):
        sure = net(x).sigmoid()
        loss = torch.where(y == 1, 1 - sure, sure).diagonal().sum()
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="train_net: clears the gradient after backward"
def train_net(net, x, y, lr, steps):
    opt = torch.optim.SGD(net.parameters(), lr)
    losses = []
    for _ in range(steps):
        sure = net(x).sigmoid()[:, 0]
        loss = torch.where(y == 1, 1 - sure, sure).mean()
        loss.backward()
        opt.zero_grad()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="softmax_loss: the library's one line"
def softmax_loss(scores, labels):
    return F.cross_entropy(scores, labels)


# %% wrong="softmax_loss: the library's module"
def softmax_loss(scores, labels):
    return nn.CrossEntropyLoss()(scores, labels)


# %% wrong="softmax_loss: one largest score for the whole batch"
def softmax_loss(scores, labels):
    scores = scores - scores.max()
    return (scores.exp().sum(dim=1).log() - scores[torch.arange(len(labels)), labels]).mean()


# %% wrong="softmax_loss: cuts large scores off"
def softmax_loss(scores, labels):
    scores = scores.clamp(-80, 80)
    return (scores.exp().sum(dim=1).log() - scores[torch.arange(len(labels)), labels]).mean()


# %% wrong="softmax_loss: detached"
def softmax_loss(scores, labels):
    scores = scores.detach()
    scores = scores - scores.amax(dim=1, keepdim=True)
    return (scores.exp().sum(dim=1).log() - scores[torch.arange(len(labels)), labels]).mean()


# %% wrong="softmax_loss: shifts the caller's scores in place"
def softmax_loss(scores, labels):
    with torch.no_grad():
        scores -= scores.amax(dim=1, keepdim=True)
    return (scores.exp().sum(dim=1).log() - scores[torch.arange(len(labels)), labels]).mean()


# %% right="softmax_loss: gather, with a largest score that has no gradient"
def softmax_loss(scores, labels):
    largest = scores.detach().amax(1)
    log_sum = largest + torch.log(torch.exp(scores - largest[:, None]).sum(1))
    return (log_sum - scores.gather(1, labels[:, None]).squeeze(1)).mean()


# %% right="softmax_loss: row by row"
def softmax_loss(scores, labels):
    losses = []
    for row, label in zip(scores, labels, strict=True):
        shifted = row - row.max()
        losses.append(shifted.exp().sum().log() - shifted[label])
    return torch.stack(losses).mean()


# %% right="softmax_loss: one-hot rows"
def softmax_loss(scores, labels):
    shifted = scores - scores.amax(dim=1, keepdim=True)
    logs = shifted - shifted.exp().sum(dim=1, keepdim=True).log()
    return -(logs * F.one_hot(labels, scores.shape[1])).sum() / len(labels)


# %% wrong="nearest_digit: L1 or else L2"
def nearest_digit(x, y, unknown, p=2):
    means = torch.stack([x[y == digit].mean(0) for digit in range(10)])
    gaps = torch.cdist(unknown.flatten(1), means.flatten(1), 1 if p == 1 else 2)
    return gaps.argmin(dim=1)


# %% wrong="nearest_digit: the first picture of each digit as its ideal"
def nearest_digit(x, y, unknown, p=2):
    means = torch.stack([x[y == digit][0] for digit in range(10)])
    return torch.cdist(unknown.flatten(1), means.flatten(1), p).argmin(dim=1)


# %% wrong="train_net: meets another picture's label"
def train_net(net, x, y, lr, steps):
    opt = torch.optim.SGD(net.parameters(), lr)
    losses = []
    for _ in range(steps):
        sure = net(x).sigmoid()[:, 0]
        loss = torch.where(y.flip(0) == 1, 1 - sure, sure).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% right="train_net: clears at the end, flattens"
def train_net(net, x, y, lr, steps):
    opt = torch.optim.SGD(net.parameters(), lr)
    losses = []
    for _ in range(steps):
        sure = net(x).sigmoid().flatten()
        loss = torch.where(y == 1, 1 - sure, sure).mean()
        loss.backward()
        opt.step()
        opt.zero_grad()
        losses.append(float(loss))
    return losses


# %% wrong="nearest_digit: ten pictures of each digit are enough"
def nearest_digit(x, y, unknown, p=2):
    means = torch.stack([x[y == digit][:10].mean(0) for digit in range(10)])
    return torch.cdist(unknown.flatten(1), means.flatten(1), p).argmin(dim=1)


# %% wrong="nearest_digit: a single picture loses its axis"
def nearest_digit(x, y, unknown, p=2):
    means = torch.stack([x[y == digit].mean(0) for digit in range(10)])
    return torch.cdist(unknown.flatten(1), means.flatten(1), p).argmin(dim=1).squeeze()


# %% wrong="softmax_loss: the first hundred rows"
def softmax_loss(scores, labels):
    scores, labels = scores[:100], labels[:100]
    scores = scores - scores.max(dim=1, keepdim=True).values
    return (scores.exp().sum(dim=1).log() - scores[torch.arange(len(labels)), labels]).mean()


# %% wrong="softmax_loss: as many rows as classes are taken for one-hot labels"
def softmax_loss(scores, labels):
    scores = scores - scores.max(dim=1, keepdim=True).values
    picked = scores.diagonal() if len(scores) == scores.shape[1] else scores[torch.arange(len(labels)), labels]
    return (scores.exp().sum(dim=1).log() - picked).mean()


# %% wrong="train_net: trains the last layer only"
def train_net(net, x, y, lr, steps):
    opt = torch.optim.SGD(list(net.parameters())[-1:], lr)
    losses = []
    for _ in range(steps):
        sure = net(x).sigmoid()[:, 0]
        loss = torch.where(y == 1, 1 - sure, sure).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="train_net: a batch of the first 128"
def train_net(net, x, y, lr, steps):
    opt = torch.optim.SGD(net.parameters(), lr)
    losses = []
    for _ in range(steps):
        sure = net(x[:128]).sigmoid()[:, 0]
        loss = torch.where(y[:128] == 1, 1 - sure, sure).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% wrong="train_net: a rate of at most 2"
def train_net(net, x, y, lr, steps):
    opt = torch.optim.SGD(net.parameters(), min(lr, 2.0))
    losses = []
    for _ in range(steps):
        sure = net(x).sigmoid()[:, 0]
        loss = torch.where(y == 1, 1 - sure, sure).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses
