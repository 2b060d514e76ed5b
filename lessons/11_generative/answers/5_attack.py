# Answers to the exercises of 5_attack.py, right and wrong: what `course audit` grades. No student sees them.

# %% right="fgsm: autograd.grad, and a list"
def fgsm(x, grad, epsilon):
    return torch.clip(x + epsilon * torch.sign(grad), 0.0, 1.0)


def under_attack(net, loader, epsilon, keep=5):
    net.eval()
    hits, fooled = [], []
    for x, y in loader:
        x = x.detach().clone().requires_grad_(True)
        scores = net(x)
        (slope,) = torch.autograd.grad(F.nll_loss(F.log_softmax(scores, dim=1), y), x)
        with torch.no_grad():
            attacked = fgsm(x, slope, epsilon)
            after = net(attacked).argmax(1)
        before = scores.argmax(1)
        hits.append(after.eq(y))
        for a, b, right, picture in zip(before, after, y, attacked):
            if a == right and b != right:
                fooled.append((int(a), int(b), picture))
    return torch.cat(hits).float().mean().item(), fooled[:keep]


# %% right="fgsm: picture by picture"
def fgsm(x, grad, epsilon):
    direction = (grad > 0).to(x.dtype) - (grad < 0).to(x.dtype)
    return (x + epsilon * direction).clamp(min=0).clamp(max=1)


def under_attack(net, loader, epsilon, keep=5):
    net.eval()
    right = total = 0
    fooled = []
    for xs, ys in loader:
        for x, y in zip(xs, ys):
            x = x[None].clone().requires_grad_()
            scores = net(x)
            F.cross_entropy(scores, y[None]).backward()
            attacked = fgsm(x.detach(), x.grad, epsilon)
            after = net(attacked).argmax().item()
            total += 1
            right += after == y.item()
            if scores.argmax().item() == y.item() != after and len(fooled) < keep:
                fooled.append((scores.argmax().item(), after, attacked[0]))
    return right / total, fooled


# %% wrong="fgsm: downhill"
def fgsm(x: torch.Tensor, grad: torch.Tensor, epsilon: float) -> torch.Tensor:
    """Pictures from 0 to 1, each pixel moved by epsilon in the direction in which the loss grows."""
    attacked = x - epsilon * grad.sign()
    return attacked.clamp(0, 1)


def under_attack(net, loader, epsilon: float, keep: int = 5) -> tuple[float, list]:
    """The share that is read correctly after the attack, and some that were read correctly before and are not now."""
    net.eval()
    right, seen, fooled = 0, 0, []
    for x, y in loader:
        x = x.clone().requires_grad_()
        scores = net(x)
        before = scores.argmax(dim=1)
        net.zero_grad()
        F.cross_entropy(scores, y).backward()
        attacked = fgsm(x.detach(), x.grad, epsilon)
        after = net(attacked).argmax(dim=1)
        right += (after == y).sum().item()
        seen += len(y)
        for place in torch.nonzero((before == y) & (after != y))[:, 0].tolist():
            if len(fooled) < keep:
                fooled.append((before[place].item(), after[place].item(), attacked[place]))
    return right / seen, fooled


# %% wrong="fgsm: the slope itself"
def fgsm(x: torch.Tensor, grad: torch.Tensor, epsilon: float) -> torch.Tensor:
    """Pictures from 0 to 1, each pixel moved by epsilon in the direction in which the loss grows."""
    attacked = x + epsilon * grad
    return attacked.clamp(0, 1)


def under_attack(net, loader, epsilon: float, keep: int = 5) -> tuple[float, list]:
    """The share that is read correctly after the attack, and some that were read correctly before and are not now."""
    net.eval()
    right, seen, fooled = 0, 0, []
    for x, y in loader:
        x = x.clone().requires_grad_()
        scores = net(x)
        before = scores.argmax(dim=1)
        net.zero_grad()
        F.cross_entropy(scores, y).backward()
        attacked = fgsm(x.detach(), x.grad, epsilon)
        after = net(attacked).argmax(dim=1)
        right += (after == y).sum().item()
        seen += len(y)
        for place in torch.nonzero((before == y) & (after != y))[:, 0].tolist():
            if len(fooled) < keep:
                fooled.append((before[place].item(), after[place].item(), attacked[place]))
    return right / seen, fooled


# %% wrong="fgsm: a slope of length one"
def fgsm(x: torch.Tensor, grad: torch.Tensor, epsilon: float) -> torch.Tensor:
    """Pictures from 0 to 1, each pixel moved by epsilon in the direction in which the loss grows."""
    attacked = x + epsilon * grad / grad.abs().max()
    return attacked.clamp(0, 1)


def under_attack(net, loader, epsilon: float, keep: int = 5) -> tuple[float, list]:
    """The share that is read correctly after the attack, and some that were read correctly before and are not now."""
    net.eval()
    right, seen, fooled = 0, 0, []
    for x, y in loader:
        x = x.clone().requires_grad_()
        scores = net(x)
        before = scores.argmax(dim=1)
        net.zero_grad()
        F.cross_entropy(scores, y).backward()
        attacked = fgsm(x.detach(), x.grad, epsilon)
        after = net(attacked).argmax(dim=1)
        right += (after == y).sum().item()
        seen += len(y)
        for place in torch.nonzero((before == y) & (after != y))[:, 0].tolist():
            if len(fooled) < keep:
                fooled.append((before[place].item(), after[place].item(), attacked[place]))
    return right / seen, fooled


# %% wrong="fgsm: ink beyond the paper"
def fgsm(x: torch.Tensor, grad: torch.Tensor, epsilon: float) -> torch.Tensor:
    """Pictures from 0 to 1, each pixel moved by epsilon in the direction in which the loss grows."""
    attacked = x + epsilon * grad.sign()
    return 1 * attacked


def under_attack(net, loader, epsilon: float, keep: int = 5) -> tuple[float, list]:
    """The share that is read correctly after the attack, and some that were read correctly before and are not now."""
    net.eval()
    right, seen, fooled = 0, 0, []
    for x, y in loader:
        x = x.clone().requires_grad_()
        scores = net(x)
        before = scores.argmax(dim=1)
        net.zero_grad()
        F.cross_entropy(scores, y).backward()
        attacked = fgsm(x.detach(), x.grad, epsilon)
        after = net(attacked).argmax(dim=1)
        right += (after == y).sum().item()
        seen += len(y)
        for place in torch.nonzero((before == y) & (after != y))[:, 0].tolist():
            if len(fooled) < keep:
                fooled.append((before[place].item(), after[place].item(), attacked[place]))
    return right / seen, fooled


# %% wrong="fgsm: clamped from −1"
def fgsm(x: torch.Tensor, grad: torch.Tensor, epsilon: float) -> torch.Tensor:
    """Pictures from 0 to 1, each pixel moved by epsilon in the direction in which the loss grows."""
    attacked = x + epsilon * grad.sign()
    return attacked.clamp(-1, 1)


def under_attack(net, loader, epsilon: float, keep: int = 5) -> tuple[float, list]:
    """The share that is read correctly after the attack, and some that were read correctly before and are not now."""
    net.eval()
    right, seen, fooled = 0, 0, []
    for x, y in loader:
        x = x.clone().requires_grad_()
        scores = net(x)
        before = scores.argmax(dim=1)
        net.zero_grad()
        F.cross_entropy(scores, y).backward()
        attacked = fgsm(x.detach(), x.grad, epsilon)
        after = net(attacked).argmax(dim=1)
        right += (after == y).sum().item()
        seen += len(y)
        for place in torch.nonzero((before == y) & (after != y))[:, 0].tolist():
            if len(fooled) < keep:
                fooled.append((before[place].item(), after[place].item(), attacked[place]))
    return right / seen, fooled


# %% wrong="fgsm: in training mode"
def fgsm(x: torch.Tensor, grad: torch.Tensor, epsilon: float) -> torch.Tensor:
    """Pictures from 0 to 1, each pixel moved by epsilon in the direction in which the loss grows."""
    attacked = x + epsilon * grad.sign()
    return attacked.clamp(0, 1)


def under_attack(net, loader, epsilon: float, keep: int = 5) -> tuple[float, list]:
    """The share that is read correctly after the attack, and some that were read correctly before and are not now."""
    right, seen, fooled = 0, 0, []
    for x, y in loader:
        x = x.clone().requires_grad_()
        scores = net(x)
        before = scores.argmax(dim=1)
        net.zero_grad()
        F.cross_entropy(scores, y).backward()
        attacked = fgsm(x.detach(), x.grad, epsilon)
        after = net(attacked).argmax(dim=1)
        right += (after == y).sum().item()
        seen += len(y)
        for place in torch.nonzero((before == y) & (after != y))[:, 0].tolist():
            if len(fooled) < keep:
                fooled.append((before[place].item(), after[place].item(), attacked[place]))
    return right / seen, fooled


# %% wrong="fgsm: the clean pictures are judged"
def fgsm(x: torch.Tensor, grad: torch.Tensor, epsilon: float) -> torch.Tensor:
    """Pictures from 0 to 1, each pixel moved by epsilon in the direction in which the loss grows."""
    attacked = x + epsilon * grad.sign()
    return attacked.clamp(0, 1)


def under_attack(net, loader, epsilon: float, keep: int = 5) -> tuple[float, list]:
    """The share that is read correctly after the attack, and some that were read correctly before and are not now."""
    net.eval()
    right, seen, fooled = 0, 0, []
    for x, y in loader:
        x = x.clone().requires_grad_()
        scores = net(x)
        before = scores.argmax(dim=1)
        net.zero_grad()
        F.cross_entropy(scores, y).backward()
        attacked = fgsm(x.detach(), x.grad, epsilon)
        after = net(x).argmax(dim=1)
        right += (after == y).sum().item()
        seen += len(y)
        for place in torch.nonzero((before == y) & (after != y))[:, 0].tolist():
            if len(fooled) < keep:
                fooled.append((before[place].item(), after[place].item(), attacked[place]))
    return right / seen, fooled


# %% wrong="fgsm: the share of those that were right before"
def fgsm(x: torch.Tensor, grad: torch.Tensor, epsilon: float) -> torch.Tensor:
    """Pictures from 0 to 1, each pixel moved by epsilon in the direction in which the loss grows."""
    attacked = x + epsilon * grad.sign()
    return attacked.clamp(0, 1)


def under_attack(net, loader, epsilon: float, keep: int = 5) -> tuple[float, list]:
    """The share that is read correctly after the attack, and some that were read correctly before and are not now."""
    net.eval()
    right, seen, fooled = 0, 0, []
    for x, y in loader:
        x = x.clone().requires_grad_()
        scores = net(x)
        before = scores.argmax(dim=1)
        net.zero_grad()
        F.cross_entropy(scores, y).backward()
        attacked = fgsm(x.detach(), x.grad, epsilon)
        after = net(attacked).argmax(dim=1)
        right += (after == y).sum().item()
        seen += (before == y).sum().item()
        for place in torch.nonzero((before == y) & (after != y))[:, 0].tolist():
            if len(fooled) < keep:
                fooled.append((before[place].item(), after[place].item(), attacked[place]))
    return right / seen, fooled


# %% wrong="fgsm: wrong ones before count as fooled"
def fgsm(x: torch.Tensor, grad: torch.Tensor, epsilon: float) -> torch.Tensor:
    """Pictures from 0 to 1, each pixel moved by epsilon in the direction in which the loss grows."""
    attacked = x + epsilon * grad.sign()
    return attacked.clamp(0, 1)


def under_attack(net, loader, epsilon: float, keep: int = 5) -> tuple[float, list]:
    """The share that is read correctly after the attack, and some that were read correctly before and are not now."""
    net.eval()
    right, seen, fooled = 0, 0, []
    for x, y in loader:
        x = x.clone().requires_grad_()
        scores = net(x)
        before = scores.argmax(dim=1)
        net.zero_grad()
        F.cross_entropy(scores, y).backward()
        attacked = fgsm(x.detach(), x.grad, epsilon)
        after = net(attacked).argmax(dim=1)
        right += (after == y).sum().item()
        seen += len(y)
        for place in torch.nonzero(after != y)[:, 0].tolist():
            if len(fooled) < keep:
                fooled.append((before[place].item(), after[place].item(), attacked[place]))
    return right / seen, fooled


# %% wrong="fgsm: keeps one too many"
def fgsm(x: torch.Tensor, grad: torch.Tensor, epsilon: float) -> torch.Tensor:
    """Pictures from 0 to 1, each pixel moved by epsilon in the direction in which the loss grows."""
    attacked = x + epsilon * grad.sign()
    return attacked.clamp(0, 1)


def under_attack(net, loader, epsilon: float, keep: int = 5) -> tuple[float, list]:
    """The share that is read correctly after the attack, and some that were read correctly before and are not now."""
    net.eval()
    right, seen, fooled = 0, 0, []
    for x, y in loader:
        x = x.clone().requires_grad_()
        scores = net(x)
        before = scores.argmax(dim=1)
        net.zero_grad()
        F.cross_entropy(scores, y).backward()
        attacked = fgsm(x.detach(), x.grad, epsilon)
        after = net(attacked).argmax(dim=1)
        right += (after == y).sum().item()
        seen += len(y)
        for place in torch.nonzero((before == y) & (after != y))[:, 0].tolist():
            if len(fooled) <= keep:
                fooled.append((before[place].item(), after[place].item(), attacked[place]))
    return right / seen, fooled


# %% wrong="fgsm: shares of batches"
def fgsm(x: torch.Tensor, grad: torch.Tensor, epsilon: float) -> torch.Tensor:
    """Pictures from 0 to 1, each pixel moved by epsilon in the direction in which the loss grows."""
    attacked = x + epsilon * grad.sign()
    return attacked.clamp(0, 1)


def under_attack(net, loader, epsilon: float, keep: int = 5) -> tuple[float, list]:
    """The share that is read correctly after the attack, and some that were read correctly before and are not now."""
    net.eval()
    right, seen, fooled = 0, 0, []
    for x, y in loader:
        x = x.clone().requires_grad_()
        scores = net(x)
        before = scores.argmax(dim=1)
        net.zero_grad()
        F.cross_entropy(scores, y).backward()
        attacked = fgsm(x.detach(), x.grad, epsilon)
        after = net(attacked).argmax(dim=1)
        right += (after == y).float().mean().item()
        seen += 1
        for place in torch.nonzero((before == y) & (after != y))[:, 0].tolist():
            if len(fooled) < keep:
                fooled.append((before[place].item(), after[place].item(), attacked[place]))
    return right / seen, fooled


# %% wrong="fgsm: against the network's own answer"
def fgsm(x: torch.Tensor, grad: torch.Tensor, epsilon: float) -> torch.Tensor:
    """Pictures from 0 to 1, each pixel moved by epsilon in the direction in which the loss grows."""
    attacked = x + epsilon * grad.sign()
    return attacked.clamp(0, 1)


def under_attack(net, loader, epsilon: float, keep: int = 5) -> tuple[float, list]:
    """The share that is read correctly after the attack, and some that were read correctly before and are not now."""
    net.eval()
    right, seen, fooled = 0, 0, []
    for x, y in loader:
        x = x.clone().requires_grad_()
        scores = net(x)
        before = scores.argmax(dim=1)
        net.zero_grad()
        F.cross_entropy(scores, before).backward()
        attacked = fgsm(x.detach(), x.grad, epsilon)
        after = net(attacked).argmax(dim=1)
        right += (after == y).sum().item()
        seen += len(y)
        for place in torch.nonzero((before == y) & (after != y))[:, 0].tolist():
            if len(fooled) < keep:
                fooled.append((before[place].item(), after[place].item(), attacked[place]))
    return right / seen, fooled


# %% right="attack_figure: subplots one by one"
def attack_figure(picture, attacked):
    before = picture.detach().cpu().numpy().squeeze()
    after = attacked.detach().cpu().numpy().squeeze()
    change = after - before
    top = np.abs(change).max()
    figure = plt.figure(figsize=(9, 3))
    axes = [figure.add_subplot(1, 3, k + 1) for k in range(3)]
    axes[0].imshow(before, cmap="gray_r")
    heat = axes[1].imshow(change, cmap="RdBu", vmin=-top, vmax=top)
    axes[2].imshow(after, cmap="gray_r")
    plt.colorbar(heat, ax=axes[1])
    return figure


# %% right="attack_figure: a norm centred on zero"
def attack_figure(picture, attacked):
    from matplotlib.colors import CenteredNorm

    pictures = [one.squeeze().detach().cpu() for one in (picture, attacked)]
    change = pictures[1] - pictures[0]
    figure, (left, middle, right) = plt.subplots(ncols=3)
    left.imshow(pictures[0], cmap="gray_r", vmin=0, vmax=1)
    heat = middle.imshow(change, cmap="seismic", norm=CenteredNorm(halfrange=float(change.abs().max())))
    figure.colorbar(heat, ax=middle)
    right.imshow(pictures[1], cmap="gray_r", vmin=0, vmax=1)
    return figure


# %% wrong="attack_figure: before minus after"
def attack_figure(picture: torch.Tensor, attacked: torch.Tensor):
    """A figure: the picture, the change, the attacked picture, and a colour bar for the change."""
    pair = (picture, attacked)
    arrays = [one.squeeze().detach().cpu().numpy() for one in pair]
    before, after = arrays
    change = before - after
    reach = abs(change).max()
    figure, axes = plt.subplots(1, 3, figsize=(9, 2.8))
    axes[0].imshow(before, cmap="gray_r", vmin=0, vmax=1)
    heat = axes[1].imshow(change, cmap="coolwarm", vmin=-reach, vmax=reach)
    figure.colorbar(heat, ax=axes[1])
    axes[2].imshow(after, cmap="gray_r", vmin=0, vmax=1)
    for axis in axes:
        axis.set_axis_off()
    return figure


# %% wrong="attack_figure: a scale from 0"
def attack_figure(picture: torch.Tensor, attacked: torch.Tensor):
    """A figure: the picture, the change, the attacked picture, and a colour bar for the change."""
    pair = (picture, attacked)
    arrays = [one.squeeze().detach().cpu().numpy() for one in pair]
    before, after = arrays
    change = after - before
    reach = abs(change).max()
    figure, axes = plt.subplots(1, 3, figsize=(9, 2.8))
    axes[0].imshow(before, cmap="gray_r", vmin=0, vmax=1)
    heat = axes[1].imshow(change, cmap="coolwarm", vmin=0, vmax=reach)
    figure.colorbar(heat, ax=axes[1])
    axes[2].imshow(after, cmap="gray_r", vmin=0, vmax=1)
    for axis in axes:
        axis.set_axis_off()
    return figure


# %% wrong="attack_figure: matplotlib's own scale"
def attack_figure(picture: torch.Tensor, attacked: torch.Tensor):
    """A figure: the picture, the change, the attacked picture, and a colour bar for the change."""
    pair = (picture, attacked)
    arrays = [one.squeeze().detach().cpu().numpy() for one in pair]
    before, after = arrays
    change = after - before
    reach = abs(change).max()
    figure, axes = plt.subplots(1, 3, figsize=(9, 2.8))
    axes[0].imshow(before, cmap="gray_r", vmin=0, vmax=1)
    heat = axes[1].imshow(change, cmap="coolwarm")
    figure.colorbar(heat, ax=axes[1])
    axes[2].imshow(after, cmap="gray_r", vmin=0, vmax=1)
    for axis in axes:
        axis.set_axis_off()
    return figure


# %% wrong="attack_figure: no colour bar"
def attack_figure(picture: torch.Tensor, attacked: torch.Tensor):
    """A figure: the picture, the change, the attacked picture, and a colour bar for the change."""
    pair = (picture, attacked)
    arrays = [one.squeeze().detach().cpu().numpy() for one in pair]
    before, after = arrays
    change = after - before
    reach = abs(change).max()
    figure, axes = plt.subplots(1, 3, figsize=(9, 2.8))
    axes[0].imshow(before, cmap="gray_r", vmin=0, vmax=1)
    heat = axes[1].imshow(change, cmap="coolwarm", vmin=-reach, vmax=reach)
    axes[2].imshow(after, cmap="gray_r", vmin=0, vmax=1)
    for axis in axes:
        axis.set_axis_off()
    return figure


# %% wrong="attack_figure: the colour bar below"
def attack_figure(picture: torch.Tensor, attacked: torch.Tensor):
    """A figure: the picture, the change, the attacked picture, and a colour bar for the change."""
    pair = (picture, attacked)
    arrays = [one.squeeze().detach().cpu().numpy() for one in pair]
    before, after = arrays
    change = after - before
    reach = abs(change).max()
    figure, axes = plt.subplots(1, 3, figsize=(9, 2.8))
    axes[0].imshow(before, cmap="gray_r", vmin=0, vmax=1)
    heat = axes[1].imshow(change, cmap="coolwarm", vmin=-reach, vmax=reach)
    figure.colorbar(heat, ax=axes[1], location="bottom")
    axes[2].imshow(after, cmap="gray_r", vmin=0, vmax=1)
    for axis in axes:
        axis.set_axis_off()
    return figure


# %% wrong="attack_figure: the attacked picture first"
def attack_figure(picture: torch.Tensor, attacked: torch.Tensor):
    """A figure: the picture, the change, the attacked picture, and a colour bar for the change."""
    pair = (picture, attacked)
    arrays = [one.squeeze().detach().cpu().numpy() for one in pair]
    before, after = arrays
    change = after - before
    reach = abs(change).max()
    figure, axes = plt.subplots(1, 3, figsize=(9, 2.8))
    axes[2].imshow(before, cmap="gray_r", vmin=0, vmax=1)
    heat = axes[1].imshow(change, cmap="coolwarm", vmin=-reach, vmax=reach)
    figure.colorbar(heat, ax=axes[1])
    axes[0].imshow(after, cmap="gray_r", vmin=0, vmax=1)
    for axis in axes:
        axis.set_axis_off()
    return figure


# %% wrong="attack_figure: not detached"
def attack_figure(picture: torch.Tensor, attacked: torch.Tensor):
    """A figure: the picture, the change, the attacked picture, and a colour bar for the change."""
    pair = (picture, attacked)
    arrays = [one.squeeze().numpy() for one in pair]
    before, after = arrays
    change = after - before
    reach = abs(change).max()
    figure, axes = plt.subplots(1, 3, figsize=(9, 2.8))
    axes[0].imshow(before, cmap="gray_r", vmin=0, vmax=1)
    heat = axes[1].imshow(change, cmap="coolwarm", vmin=-reach, vmax=reach)
    figure.colorbar(heat, ax=axes[1])
    axes[2].imshow(after, cmap="gray_r", vmin=0, vmax=1)
    for axis in axes:
        axis.set_axis_off()
    return figure


# %% wrong="attack_figure: the size of the change"
def attack_figure(picture: torch.Tensor, attacked: torch.Tensor):
    """A figure: the picture, the change, the attacked picture, and a colour bar for the change."""
    pair = (picture, attacked)
    arrays = [one.squeeze().detach().cpu().numpy() for one in pair]
    before, after = arrays
    change = abs(after - before)
    reach = abs(change).max()
    figure, axes = plt.subplots(1, 3, figsize=(9, 2.8))
    axes[0].imshow(before, cmap="gray_r", vmin=0, vmax=1)
    heat = axes[1].imshow(change, cmap="coolwarm", vmin=-reach, vmax=reach)
    figure.colorbar(heat, ax=axes[1])
    axes[2].imshow(after, cmap="gray_r", vmin=0, vmax=1)
    for axis in axes:
        axis.set_axis_off()
    return figure


# %% wrong="attack_figure: a fixed scale"
def attack_figure(picture: torch.Tensor, attacked: torch.Tensor):
    """A figure: the picture, the change, the attacked picture, and a colour bar for the change."""
    pair = (picture, attacked)
    arrays = [one.squeeze().detach().cpu().numpy() for one in pair]
    before, after = arrays
    change = after - before
    reach = 1.0
    figure, axes = plt.subplots(1, 3, figsize=(9, 2.8))
    axes[0].imshow(before, cmap="gray_r", vmin=0, vmax=1)
    heat = axes[1].imshow(change, cmap="coolwarm", vmin=-reach, vmax=reach)
    figure.colorbar(heat, ax=axes[1])
    axes[2].imshow(after, cmap="gray_r", vmin=0, vmax=1)
    for axis in axes:
        axis.set_axis_off()
    return figure


# %% right="worst_score: the attack itself"
def worst_score(w, b, x, epsilon):
    score = x @ w + b
    direction = -torch.sign(score)[:, None] * torch.sign(w)[None]
    return (x + epsilon * direction) @ w + b


def smallest_epsilon(w, b, x):
    reach = torch.linalg.vector_norm(w, ord=1)
    return torch.abs(torch.einsum("np,p->n", x, w) + b) / reach


# %% right="worst_score: a where for the sign"
def worst_score(w, b, x, epsilon):
    score = (x * w).sum(dim=1) + b
    reach = epsilon * w.abs().sum()
    return torch.where(score > 0, score - reach, torch.where(score < 0, score + reach, score))


def smallest_epsilon(w, b, x):
    score = (x * w).sum(dim=1) + b
    return torch.maximum(score, -score) / w.abs().sum()


# %% wrong="worst_score: the length of the weights"
def worst_score(w: torch.Tensor, b: float, x: torch.Tensor, epsilon: float) -> torch.Tensor:
    """The scores (batch,) of attacked pictures x (batch, pixels), for weights w (pixels,)."""
    score = x @ w + b
    return score - score.sign() * epsilon * w.norm()


def smallest_epsilon(w: torch.Tensor, b: float, x: torch.Tensor) -> torch.Tensor:
    """The smallest epsilon (batch,) that brings each score to 0."""
    return (x @ w + b).abs() / w.abs().sum()


# %% wrong="worst_score: the length of the weights for ε"
def worst_score(w: torch.Tensor, b: float, x: torch.Tensor, epsilon: float) -> torch.Tensor:
    """The scores (batch,) of attacked pictures x (batch, pixels), for weights w (pixels,)."""
    score = x @ w + b
    return score - score.sign() * epsilon * w.abs().sum()


def smallest_epsilon(w: torch.Tensor, b: float, x: torch.Tensor) -> torch.Tensor:
    """The smallest epsilon (batch,) that brings each score to 0."""
    return (x @ w + b).abs() / w.norm()


# %% wrong="worst_score: signed weights added up"
def worst_score(w: torch.Tensor, b: float, x: torch.Tensor, epsilon: float) -> torch.Tensor:
    """The scores (batch,) of attacked pictures x (batch, pixels), for weights w (pixels,)."""
    score = x @ w + b
    return score - score.sign() * epsilon * w.sum()


def smallest_epsilon(w: torch.Tensor, b: float, x: torch.Tensor) -> torch.Tensor:
    """The smallest epsilon (batch,) that brings each score to 0."""
    return (x @ w + b).abs() / w.abs().sum()


# %% wrong="worst_score: always down"
def worst_score(w: torch.Tensor, b: float, x: torch.Tensor, epsilon: float) -> torch.Tensor:
    """The scores (batch,) of attacked pictures x (batch, pixels), for weights w (pixels,)."""
    score = x @ w + b
    return score - epsilon * w.abs().sum()


def smallest_epsilon(w: torch.Tensor, b: float, x: torch.Tensor) -> torch.Tensor:
    """The smallest epsilon (batch,) that brings each score to 0."""
    return (x @ w + b).abs() / w.abs().sum()


# %% wrong="worst_score: away from the other answer"
def worst_score(w: torch.Tensor, b: float, x: torch.Tensor, epsilon: float) -> torch.Tensor:
    """The scores (batch,) of attacked pictures x (batch, pixels), for weights w (pixels,)."""
    score = x @ w + b
    return score + score.sign() * epsilon * w.abs().sum()


def smallest_epsilon(w: torch.Tensor, b: float, x: torch.Tensor) -> torch.Tensor:
    """The smallest epsilon (batch,) that brings each score to 0."""
    return (x @ w + b).abs() / w.abs().sum()


# %% wrong="worst_score: stops at zero"
def worst_score(w: torch.Tensor, b: float, x: torch.Tensor, epsilon: float) -> torch.Tensor:
    """The scores (batch,) of attacked pictures x (batch, pixels), for weights w (pixels,)."""
    score = x @ w + b
    return score.sign() * (score.abs() - epsilon * w.abs().sum()).clamp(min=0)


def smallest_epsilon(w: torch.Tensor, b: float, x: torch.Tensor) -> torch.Tensor:
    """The smallest epsilon (batch,) that brings each score to 0."""
    return (x @ w + b).abs() / w.abs().sum()


# %% wrong="worst_score: the bias forgotten"
def worst_score(w: torch.Tensor, b: float, x: torch.Tensor, epsilon: float) -> torch.Tensor:
    """The scores (batch,) of attacked pictures x (batch, pixels), for weights w (pixels,)."""
    score = x @ w + b
    return score - score.sign() * epsilon * w.abs().sum()


def smallest_epsilon(w: torch.Tensor, b: float, x: torch.Tensor) -> torch.Tensor:
    """The smallest epsilon (batch,) that brings each score to 0."""
    return (x @ w).abs() / w.abs().sum()


# %% wrong="worst_score: ε with a sign"
def worst_score(w: torch.Tensor, b: float, x: torch.Tensor, epsilon: float) -> torch.Tensor:
    """The scores (batch,) of attacked pictures x (batch, pixels), for weights w (pixels,)."""
    score = x @ w + b
    return score - score.sign() * epsilon * w.abs().sum()


def smallest_epsilon(w: torch.Tensor, b: float, x: torch.Tensor) -> torch.Tensor:
    """The smallest epsilon (batch,) that brings each score to 0."""
    return (x @ w + b) / w.abs().sum()


# %% wrong="worst_score: a mean over the weights"
def worst_score(w: torch.Tensor, b: float, x: torch.Tensor, epsilon: float) -> torch.Tensor:
    """The scores (batch,) of attacked pictures x (batch, pixels), for weights w (pixels,)."""
    score = x @ w + b
    return score - score.sign() * epsilon * w.abs().sum()


def smallest_epsilon(w: torch.Tensor, b: float, x: torch.Tensor) -> torch.Tensor:
    """The smallest epsilon (batch,) that brings each score to 0."""
    return (x @ w + b).abs() / w.abs().mean()


# %% right="attack_normalised: in ink, and back"
def attack_normalised(net, x, y, epsilon, mean, std):
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    ink = x.detach() * std + mean
    ink = (ink + epsilon * grad.sign()).clamp(0, 1)
    return (ink - mean) / std


# %% right="attack_normalised: backward, min and max"
def attack_normalised(net, x, y, epsilon, mean, std):
    leaf = x.detach().clone()
    leaf.requires_grad = True
    F.cross_entropy(net(leaf), y).backward()
    with torch.no_grad():
        attacked = x + leaf.grad.sign() * (epsilon / std)
        low, high = -mean / std, (1 - mean) / std
        return torch.min(torch.max(attacked, torch.full_like(x, low)), torch.full_like(x, high))


# %% wrong="attack_normalised: as it was"
def attack_normalised(net, x: torch.Tensor, y: torch.Tensor, epsilon: float, mean: float, std: float) -> torch.Tensor:
    """Attacked pictures, normalised as x (batch, ...) is; epsilon is in ink, from 0 to 1, before normalising."""
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    attacked = x + epsilon / std * grad.sign()
    return attacked.clamp(0, 1).detach()


# %% wrong="attack_normalised: no limits at all"
def attack_normalised(net, x: torch.Tensor, y: torch.Tensor, epsilon: float, mean: float, std: float) -> torch.Tensor:
    """Attacked pictures, normalised as x (batch, ...) is; epsilon is in ink, from 0 to 1, before normalising."""
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    attacked = x + epsilon / std * grad.sign()
    return attacked.detach()


# %% wrong="attack_normalised: limits of the batch"
def attack_normalised(net, x: torch.Tensor, y: torch.Tensor, epsilon: float, mean: float, std: float) -> torch.Tensor:
    """Attacked pictures, normalised as x (batch, ...) is; epsilon is in ink, from 0 to 1, before normalising."""
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    attacked = x + epsilon / std * grad.sign()
    return attacked.clamp(x.min(), x.max() / 2).detach()


# %% wrong="attack_normalised: ε in normalised numbers"
def attack_normalised(net, x: torch.Tensor, y: torch.Tensor, epsilon: float, mean: float, std: float) -> torch.Tensor:
    """Attacked pictures, normalised as x (batch, ...) is; epsilon is in ink, from 0 to 1, before normalising."""
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    attacked = x + epsilon * grad.sign()
    return attacked.clamp((0 - mean) / std, (1 - mean) / std).detach()


# %% wrong="attack_normalised: the mean forgotten in the limits"
def attack_normalised(net, x: torch.Tensor, y: torch.Tensor, epsilon: float, mean: float, std: float) -> torch.Tensor:
    """Attacked pictures, normalised as x (batch, ...) is; epsilon is in ink, from 0 to 1, before normalising."""
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    attacked = x + epsilon / std * grad.sign()
    return attacked.clamp(0, 1 / std).detach()


# %% wrong="attack_normalised: limits from −1 to 1"
def attack_normalised(net, x: torch.Tensor, y: torch.Tensor, epsilon: float, mean: float, std: float) -> torch.Tensor:
    """Attacked pictures, normalised as x (batch, ...) is; epsilon is in ink, from 0 to 1, before normalising."""
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    attacked = x + epsilon / std * grad.sign()
    return attacked.clamp(-1, 1).detach()


# %% wrong="attack_normalised: comes back as ink"
def attack_normalised(net, x: torch.Tensor, y: torch.Tensor, epsilon: float, mean: float, std: float) -> torch.Tensor:
    """Attacked pictures, normalised as x (batch, ...) is; epsilon is in ink, from 0 to 1, before normalising."""
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    attacked = x + epsilon / std * grad.sign()
    return (attacked * std + mean).clamp(0, 1).detach()


# %% wrong="attack_normalised: limits the wrong way round"
def attack_normalised(net, x: torch.Tensor, y: torch.Tensor, epsilon: float, mean: float, std: float) -> torch.Tensor:
    """Attacked pictures, normalised as x (batch, ...) is; epsilon is in ink, from 0 to 1, before normalising."""
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    attacked = x + epsilon / std * grad.sign()
    return attacked.clamp(mean / std, (1 - mean) / std).detach()


# %% equivalent="attack_normalised: a gradient has to be recorded: nobody attacks under no_grad"
# keeper: runs twice


# %% equivalent="fgsm: the walk back is over, so nothing goes through the old graph"
# - attacked = fgsm(x.detach(), x.grad, epsilon)
# + attacked = fgsm(x, x.grad, epsilon)


# %% equivalent="fgsm: a loader makes new tensors for each batch"
# - x = x.clone().requires_grad_()
# + x = x.requires_grad_()


# %% equivalent="fgsm: a loader makes new tensors, and the dtype of a picture that is kept is not promised"
# spoiler: under_attack changes its inputs
# spoiler: under_attack returns float32
# spoiler: under_attack returns float64


# %% equivalent="attack_figure: there is no GPU while it is graded"
# - arrays = [one.squeeze().detach().cpu().numpy() for one in pair]
# + arrays = [one.squeeze().detach().numpy() for one in pair]


# %% equivalent="attack_figure: the size of the figure is free"
# - figure, axes = plt.subplots(1, 3, figsize=(9, 2.8))
# + figure, axes = plt.subplots(1, 3, figsize=(2.8, 9))


# %% equivalent="attack_figure: the size of the figure is free, once more"
# - figure, axes = plt.subplots(1, 3, figsize=(9, 2.8))
# + figure, axes = plt.subplots(1, 3, figsize=(10, 2.8))


# %% equivalent="attack_figure: the size of the figure is free, a third time"
# - figure, axes = plt.subplots(1, 3, figsize=(9, 2.8))
# + figure, axes = plt.subplots(1, 3, figsize=(8, 2.8))


# %% equivalent="attack_figure: the size of the figure is free, a fourth time"
# - figure, axes = plt.subplots(1, 3, figsize=(9, 2.8))
# + figure, axes = plt.subplots(1, 3, figsize=(9, 5.6))


# %% [markdown] explains="fgsm"
# `x` is cloned and made a leaf that wants a gradient, so after the walk back `x.grad` is the slope of the loss by each
# pixel. The loss is a mean over the batch, which makes all slopes n times smaller, and their signs are the same. All
# pictures count in the share, also those that were wrong before anybody attacked; the fooled ones are only those that
# the attack has turned.


# %% [markdown] explains="attack_figure"
# `detach()` leaves the graph, `cpu()` the GPU, `numpy()` torch, and in this order: a tensor that is still in a graph or on a
# GPU has no `numpy()`. With limits of `-reach` and `reach`, white is exactly "no change".


# %% [markdown] explains="worst_score"
# A pixel that moves by ε changes the score by at most $\varepsilon |w_i|$, and it can choose the direction. All together:
# $\varepsilon \lVert w \rVert_1$. That is against the score's sign, and the score is 0 at $\varepsilon = |s| / \lVert w \rVert_1$.


# %% [markdown] explains="attack_normalised"
# Paper is $(0 - 0.1307)/0.3081 = -0.42$ and full ink 2.82 once normalised. Cut to 0 to 1, dark strokes fade, and the
# paper turns as grey as a pixel with the mean ink, which the network reads worse without any attack. The limits have to be
# normalised like the pictures: $(0 - \text{mean})/\text{std}$ and $(1 - \text{mean})/\text{std}$.
