# Answers to the exercises of 4_engine.py, right and wrong: what `course audit` grades. No student sees them.

# %% right="two_layers: matrix products"
def softmax_loss(scores, labels):
    n = len(labels)
    shifted = scores - scores.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -logs[np.arange(n), labels].mean()
    return loss, (np.exp(logs) - np.eye(scores.shape[1])[labels]) / n


def two_layers(x, labels, w1, b1, w2, b2):
    before = x @ w1 + b1
    hidden = before * (before > 0)
    loss, delta = softmax_loss(hidden @ w2 + b2, labels)
    inner = (delta @ w2.T) * (before > 0)
    return loss, (x.T @ inner, inner.sum(0), hidden.T @ delta, delta.sum(0))


# %% right="two_layers: sums of outer products"
def softmax_loss(scores, labels):
    powers = np.exp(scores - scores.max(axis=1)[:, None])
    chances = powers / powers.sum(axis=1)[:, None]
    loss = float(np.mean([-np.log(row[label]) for row, label in zip(chances, labels)]))
    truth = np.zeros_like(chances)
    truth[np.arange(len(labels)), labels] = 1
    return loss, (chances - truth) / len(labels)


def two_layers(x, labels, w1, b1, w2, b2):
    hidden = np.maximum(x @ w1 + b1, 0)
    loss, delta2 = softmax_loss(hidden @ w2 + b2, labels)
    delta1 = np.where(hidden > 0, delta2 @ w2.T, 0.0)
    grad_w2 = sum(np.outer(h, d) for h, d in zip(hidden, delta2))
    grad_w1 = sum(np.outer(row, d) for row, d in zip(x, delta1))
    return loss, (grad_w1, delta1.sum(axis=0), grad_w2, delta2.sum(axis=0))


# %% right="two_layers: other letters"
def softmax_loss(scores, labels):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    chances = powers / powers.sum(1, keepdims=True)
    rows = np.arange(labels.size)
    loss = -np.log(chances[rows, labels]).sum() / labels.size
    slopes = chances / labels.size
    slopes[rows, labels] -= 1 / labels.size
    return loss, slopes


def two_layers(x, labels, w1, b1, w2, b2):
    before = x @ w1 + b1
    hidden = np.maximum(before, 0)
    loss, delta2 = softmax_loss(hidden @ w2 + b2, labels)
    delta1 = np.einsum("ik,jk,ij->ij", delta2, w2, np.heaviside(before, 0.0))
    grads = np.einsum("ni,nj->ij", x, delta1), np.einsum("nj->j", delta1)
    return loss, (*grads, np.einsum("ni,nj->ij", hidden, delta2), np.einsum("nj->j", delta2))


# %% wrong="two_layers: slopes of the sum, not the mean"
def softmax_loss(scores: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """The mean negative logarithm of the right classes' chances, and its slopes with respect to the scores (n, o)."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))  # the same chances, and no power is too large
    chances = powers / powers.sum(axis=1, keepdims=True)
    rows = np.arange(len(labels))
    loss = -np.log(chances[rows, labels]).mean()
    delta = chances.copy()
    delta[rows, labels] -= 1
    return loss, delta


def two_layers(x, labels, w1, b1, w2, b2) -> tuple[float, tuple[np.ndarray, ...]]:
    """The loss of the network, and its slopes with respect to w1, b1, w2 and b2."""
    before = x @ w1 + b1
    hidden = np.maximum(before, 0)
    loss, delta2 = softmax_loss(hidden @ w2 + b2, labels)
    grad_w2 = np.einsum("nh,no->ho", hidden, delta2)
    grad_b2 = delta2.sum(axis=0)
    delta1 = np.einsum("no,ho->nh", delta2, w2) * (before > 0)
    grad_w1 = np.einsum("nd,nh->dh", x, delta1)
    grad_b1 = delta1.sum(axis=0)
    return loss, (grad_w1, grad_b1, grad_w2, grad_b2)


# %% wrong="two_layers: the truth minus the chances"
def softmax_loss(scores: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """The mean negative logarithm of the right classes' chances, and its slopes with respect to the scores (n, o)."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))  # the same chances, and no power is too large
    chances = powers / powers.sum(axis=1, keepdims=True)
    rows = np.arange(len(labels))
    loss = -np.log(chances[rows, labels]).mean()
    delta = chances.copy()
    delta[rows, labels] -= 1
    return loss, -delta / len(labels)


def two_layers(x, labels, w1, b1, w2, b2) -> tuple[float, tuple[np.ndarray, ...]]:
    """The loss of the network, and its slopes with respect to w1, b1, w2 and b2."""
    before = x @ w1 + b1
    hidden = np.maximum(before, 0)
    loss, delta2 = softmax_loss(hidden @ w2 + b2, labels)
    grad_w2 = np.einsum("nh,no->ho", hidden, delta2)
    grad_b2 = delta2.sum(axis=0)
    delta1 = np.einsum("no,ho->nh", delta2, w2) * (before > 0)
    grad_w1 = np.einsum("nd,nh->dh", x, delta1)
    grad_b1 = delta1.sum(axis=0)
    return loss, (grad_w1, grad_b1, grad_w2, grad_b2)


# %% wrong="two_layers: normalises over the rows"
def softmax_loss(scores: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """The mean negative logarithm of the right classes' chances, and its slopes with respect to the scores (n, o)."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))  # the same chances, and no power is too large
    chances = powers / powers.sum(axis=0, keepdims=True)
    rows = np.arange(len(labels))
    loss = -np.log(chances[rows, labels]).mean()
    delta = chances.copy()
    delta[rows, labels] -= 1
    return loss, 1 / len(labels) * delta


def two_layers(x, labels, w1, b1, w2, b2) -> tuple[float, tuple[np.ndarray, ...]]:
    """The loss of the network, and its slopes with respect to w1, b1, w2 and b2."""
    before = x @ w1 + b1
    hidden = np.maximum(before, 0)
    loss, delta2 = softmax_loss(hidden @ w2 + b2, labels)
    grad_w2 = np.einsum("nh,no->ho", hidden, delta2)
    grad_b2 = delta2.sum(axis=0)
    delta1 = np.einsum("no,ho->nh", delta2, w2) * (before > 0)
    grad_w1 = np.einsum("nd,nh->dh", x, delta1)
    grad_b1 = delta1.sum(axis=0)
    return loss, (grad_w1, grad_b1, grad_w2, grad_b2)


# %% wrong="two_layers: forgets the ReLU"
def softmax_loss(scores: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """The mean negative logarithm of the right classes' chances, and its slopes with respect to the scores (n, o)."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))  # the same chances, and no power is too large
    chances = powers / powers.sum(axis=1, keepdims=True)
    rows = np.arange(len(labels))
    loss = -np.log(chances[rows, labels]).mean()
    delta = chances.copy()
    delta[rows, labels] -= 1
    return loss, 1 / len(labels) * delta


def two_layers(x, labels, w1, b1, w2, b2) -> tuple[float, tuple[np.ndarray, ...]]:
    """The loss of the network, and its slopes with respect to w1, b1, w2 and b2."""
    before = x @ w1 + b1
    hidden = np.maximum(before, 0)
    loss, delta2 = softmax_loss(hidden @ w2 + b2, labels)
    grad_w2 = np.einsum("nh,no->ho", hidden, delta2)
    grad_b2 = delta2.sum(axis=0)
    delta1 = np.einsum("no,ho->nh", delta2, w2)
    grad_w1 = np.einsum("nd,nh->dh", x, delta1)
    grad_b1 = delta1.sum(axis=0)
    return loss, (grad_w1, grad_b1, grad_w2, grad_b2)


# %% wrong="two_layers: the mask of the delta"
def softmax_loss(scores: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """The mean negative logarithm of the right classes' chances, and its slopes with respect to the scores (n, o)."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))  # the same chances, and no power is too large
    chances = powers / powers.sum(axis=1, keepdims=True)
    rows = np.arange(len(labels))
    loss = -np.log(chances[rows, labels]).mean()
    delta = chances.copy()
    delta[rows, labels] -= 1
    return loss, 1 / len(labels) * delta


def two_layers(x, labels, w1, b1, w2, b2) -> tuple[float, tuple[np.ndarray, ...]]:
    """The loss of the network, and its slopes with respect to w1, b1, w2 and b2."""
    before = x @ w1 + b1
    hidden = np.maximum(before, 0)
    loss, delta2 = softmax_loss(hidden @ w2 + b2, labels)
    grad_w2 = np.einsum("nh,no->ho", hidden, delta2)
    grad_b2 = delta2.sum(axis=0)
    delta1 = np.einsum("no,ho->nh", delta2, w2) * (delta2 @ w2.T > 0)
    grad_w1 = np.einsum("nd,nh->dh", x, delta1)
    grad_b1 = delta1.sum(axis=0)
    return loss, (grad_w1, grad_b1, grad_w2, grad_b2)


# %% wrong="two_layers: the sum of the losses"
def softmax_loss(scores: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """The mean negative logarithm of the right classes' chances, and its slopes with respect to the scores (n, o)."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))  # the same chances, and no power is too large
    chances = powers / powers.sum(axis=1, keepdims=True)
    rows = np.arange(len(labels))
    loss = -np.log(chances[rows, labels]).sum()
    delta = chances.copy()
    delta[rows, labels] -= 1
    return loss, 1 / len(labels) * delta


def two_layers(x, labels, w1, b1, w2, b2) -> tuple[float, tuple[np.ndarray, ...]]:
    """The loss of the network, and its slopes with respect to w1, b1, w2 and b2."""
    before = x @ w1 + b1
    hidden = np.maximum(before, 0)
    loss, delta2 = softmax_loss(hidden @ w2 + b2, labels)
    grad_w2 = np.einsum("nh,no->ho", hidden, delta2)
    grad_b2 = delta2.sum(axis=0)
    delta1 = np.einsum("no,ho->nh", delta2, w2) * (before > 0)
    grad_w1 = np.einsum("nd,nh->dh", x, delta1)
    grad_b1 = delta1.sum(axis=0)
    return loss, (grad_w1, grad_b1, grad_w2, grad_b2)


# %% wrong="two_layers: biases by the mean"
def softmax_loss(scores: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """The mean negative logarithm of the right classes' chances, and its slopes with respect to the scores (n, o)."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))  # the same chances, and no power is too large
    chances = powers / powers.sum(axis=1, keepdims=True)
    rows = np.arange(len(labels))
    loss = -np.log(chances[rows, labels]).mean()
    delta = chances.copy()
    delta[rows, labels] -= 1
    return loss, 1 / len(labels) * delta


def two_layers(x, labels, w1, b1, w2, b2) -> tuple[float, tuple[np.ndarray, ...]]:
    """The loss of the network, and its slopes with respect to w1, b1, w2 and b2."""
    before = x @ w1 + b1
    hidden = np.maximum(before, 0)
    loss, delta2 = softmax_loss(hidden @ w2 + b2, labels)
    grad_w2 = np.einsum("nh,no->ho", hidden, delta2)
    grad_b2 = delta2.sum(axis=0)
    delta1 = np.einsum("no,ho->nh", delta2, w2) * (before > 0)
    grad_w1 = np.einsum("nd,nh->dh", x, delta1)
    grad_b1 = delta1.mean(axis=0)
    return loss, (grad_w1, grad_b1, grad_w2, grad_b2)


# %% wrong="two_layers: hidden values before the bend"
def softmax_loss(scores: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """The mean negative logarithm of the right classes' chances, and its slopes with respect to the scores (n, o)."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))  # the same chances, and no power is too large
    chances = powers / powers.sum(axis=1, keepdims=True)
    rows = np.arange(len(labels))
    loss = -np.log(chances[rows, labels]).mean()
    delta = chances.copy()
    delta[rows, labels] -= 1
    return loss, 1 / len(labels) * delta


def two_layers(x, labels, w1, b1, w2, b2) -> tuple[float, tuple[np.ndarray, ...]]:
    """The loss of the network, and its slopes with respect to w1, b1, w2 and b2."""
    before = x @ w1 + b1
    hidden = np.maximum(before, 0)
    loss, delta2 = softmax_loss(hidden @ w2 + b2, labels)
    grad_w2 = np.einsum("nh,no->ho", before, delta2)
    grad_b2 = delta2.sum(axis=0)
    delta1 = np.einsum("no,ho->nh", delta2, w2) * (before > 0)
    grad_w1 = np.einsum("nd,nh->dh", x, delta1)
    grad_b1 = delta1.sum(axis=0)
    return loss, (grad_w1, grad_b1, grad_w2, grad_b2)


# %% wrong="two_layers: a leaky mask"
def softmax_loss(scores: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """The mean negative logarithm of the right classes' chances, and its slopes with respect to the scores (n, o)."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))  # the same chances, and no power is too large
    chances = powers / powers.sum(axis=1, keepdims=True)
    rows = np.arange(len(labels))
    loss = -np.log(chances[rows, labels]).mean()
    delta = chances.copy()
    delta[rows, labels] -= 1
    return loss, 1 / len(labels) * delta


def two_layers(x, labels, w1, b1, w2, b2) -> tuple[float, tuple[np.ndarray, ...]]:
    """The loss of the network, and its slopes with respect to w1, b1, w2 and b2."""
    before = x @ w1 + b1
    hidden = np.maximum(before, 0)
    loss, delta2 = softmax_loss(hidden @ w2 + b2, labels)
    grad_w2 = np.einsum("nh,no->ho", hidden, delta2)
    grad_b2 = delta2.sum(axis=0)
    delta1 = np.einsum("no,ho->nh", delta2, w2) * np.where(before > 0, 1.0, 0.1)
    grad_w1 = np.einsum("nd,nh->dh", x, delta1)
    grad_b1 = delta1.sum(axis=0)
    return loss, (grad_w1, grad_b1, grad_w2, grad_b2)


# %% right="in_order: counts of children (Kahn)"
def in_order(end, parents_of):
    parents, found = {}, [end]
    while found:
        node = found.pop()
        if node not in parents:
            parents[node] = list(parents_of(node))
            found.extend(parents[node])
    children = {node: 0 for node in parents}
    for node in parents:
        for parent in parents[node]:
            children[parent] += 1
    ready, order = [end], []
    while ready:
        node = ready.pop()
        order.append(node)
        for parent in parents[node]:
            children[parent] -= 1
            if children[parent] == 0:
                ready.append(parent)
    return order[::-1]


# %% right="in_order: iterators on a stack"
def in_order(end, parents_of):
    order, seen = [], {end}
    stack = [(end, iter(parents_of(end)))]
    while stack:
        node, rest = stack[-1]
        for parent in rest:
            if parent not in seen:
                seen.add(parent)
                stack.append((parent, iter(parents_of(parent))))
                break
        else:
            order.append(node)
            stack.pop()
    return order


# %% right="in_order: calls itself, in a thread with a large stack"
def in_order(end, parents_of):
    import sys

    old = sys.getrecursionlimit()
    sys.setrecursionlimit(50_000)
    order, seen = [], set()

    def visit(node):
        if node in seen:
            return
        seen.add(node)
        for parent in parents_of(node):
            visit(parent)
        order.append(node)

    try:
        visit(end)
    finally:
        sys.setrecursionlimit(old)
    return order


# %% wrong="in_order: calls itself"
def in_order(end, parents_of):
    order, met = [], set()

    def visit(node):
        if node not in met:
            met.add(node)
            for parent in parents_of(node):
                visit(parent)
            order.append(node)

    visit(end)
    return order


# %% wrong="in_order: breadth first, turned round"
def in_order(end, parents_of):
    order, waiting = [], [end]
    while waiting:
        node = waiting.pop(0)
        if node not in order:
            order.append(node)
            waiting.extend(parents_of(node))
    return order[::-1]


# %% wrong="in_order: never remembers whom it met"
def in_order(end, parents_of) -> list:
    """All nodes that end was made from, and end itself, each after its parents."""
    order, met, waiting = [], set(), [(end, False)]
    while waiting:
        node, parents_are_done = waiting.pop()
        if parents_are_done:
            order.append(node)
        else:
            met.add(node)
            waiting.append((node, True))
            waiting.extend((parent, False) for parent in parents_of(node))
    return order


# %% wrong="in_order: children first"
def in_order(end, parents_of) -> list:
    """All nodes that end was made from, and end itself, each after its parents."""
    order, met, waiting = [], set(), [(end, False)]
    while waiting:
        node, parents_are_done = waiting.pop()
        if parents_are_done:
            order.append(node)
        elif node not in met:
            met.add(node)
            waiting.append((node, True))
            waiting.extend((parent, False) for parent in parents_of(node))
    return order[::-1]


# %% wrong="in_order: without the end"
def in_order(end, parents_of) -> list:
    """All nodes that end was made from, and end itself, each after its parents."""
    order, met, waiting = [], set(), [(end, False)]
    while waiting:
        node, parents_are_done = waiting.pop()
        if parents_are_done:
            order.append(node)
        elif node not in met:
            met.add(node)
            waiting.append((node, True))
            waiting.extend((parent, False) for parent in parents_of(node))
    return order[:-1]


# %% wrong="in_order: the first parent only"
def in_order(end, parents_of) -> list:
    """All nodes that end was made from, and end itself, each after its parents."""
    order, met, waiting = [], set(), [(end, False)]
    while waiting:
        node, parents_are_done = waiting.pop()
        if parents_are_done:
            order.append(node)
        elif node not in met:
            met.add(node)
            waiting.append((node, True))
            waiting.extend((parent, False) for parent in parents_of(node)[:1])
    return order


# %% wrong="in_order: writes down at the first meeting"
def in_order(end, parents_of) -> list:
    """All nodes that end was made from, and end itself, each after its parents."""
    order, met, waiting = [], set(), [(end, False)]
    while waiting:
        node, parents_are_done = waiting.pop()
        if parents_are_done:
            pass
        elif node not in met:
            met.add(node)
            order.append(node)
            waiting.append((node, True))
            waiting.extend((parent, False) for parent in parents_of(node))
    return order


# %% wrong="in_order: by the length of the longest way, walked path by path"
def in_order(end, parents_of):
    depth = {}

    def visit(node, far):
        depth[node] = max(far, depth.get(node, 0))
        for parent in parents_of(node):
            visit(parent, far + 1)

    visit(end, 0)
    return sorted(depth, key=depth.get, reverse=True)


# %% right="backprop: slopes by id"
def backprop(end, order, back):
    slopes = {id(end): np.ones_like(end.array)}
    for node in order[::-1]:
        slope = slopes.get(id(node))
        if slope is None or not node.requires_grad:
            continue
        if node.recipe is None:
            node.grad = slope + (0 if node.grad is None else node.grad)
        else:
            inputs = [one.array for one in node.recipe.parents]
            results = back[node.recipe.name](slope, node.array, *inputs, **node.recipe.options)
            for one, share in zip(node.recipe.parents, results):
                if one.requires_grad:
                    slopes[id(one)] = slopes.get(id(one), 0) + share


# %% right="backprop: lists of shares"
def backprop(end, order, back):
    shares = {node: [] for node in order}
    shares[end].append(np.array(1.0).reshape(end.array.shape))
    for node in reversed(order):
        if not shares[node] or not node.requires_grad:
            continue
        total = sum(shares[node][1:], start=shares[node][0])
        if node.recipe:
            arrays = tuple(parent.array for parent in node.recipe.parents)
            for parent, share in zip(
                node.recipe.parents, back[node.recipe.name](total, node.array, *arrays, **node.recipe.options)
            ):
                shares[parent].append(share)
        elif node.grad is None:
            node.grad = np.array(total)
        else:
            node.grad = node.grad + total


# %% right="backprop: zeros for everybody"
def backprop(end, order, back):
    slopes = {node: np.zeros(node.array.shape) for node in order}
    slopes[end] = np.ones(end.array.shape)
    for node in reversed(order):
        if node.recipe is not None:
            name, parents, options = node.recipe
            arrays = [parent.array for parent in parents]
            for parent, share in zip(parents, back[name](slopes[node], node.array, *arrays, **options)):
                slopes[parent] = slopes[parent] + share
        elif node.requires_grad:
            node.grad = slopes[node] if node.grad is None else node.grad + slopes[node]


# %% wrong="backprop: the last share wins"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    slopes = {end: np.ones(end.array.shape)}
    for node in reversed(order):
        if not node.requires_grad:
            continue
        grad = slopes.pop(node)
        if node.recipe is None:
            node.grad = grad if node.grad is None else node.grad + grad
            continue
        name, parents, options = node.recipe
        shares = back[name](grad, node.array, *[parent.array for parent in parents], **options)
        for parent, share in zip(parents, shares, strict=True):
            slopes[parent] = share


# %% wrong="backprop: the first share wins"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    slopes = {end: np.ones(end.array.shape)}
    for node in reversed(order):
        if not node.requires_grad:
            continue
        grad = slopes.pop(node)
        if node.recipe is None:
            node.grad = grad if node.grad is None else node.grad + grad
            continue
        name, parents, options = node.recipe
        shares = back[name](grad, node.array, *[parent.array for parent in parents], **options)
        for parent, share in zip(parents, shares, strict=True):
            slopes[parent] = slopes[parent] if parent in slopes else share


# %% wrong="backprop: overwrites .grad"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    slopes = {end: np.ones(end.array.shape)}
    for node in reversed(order):
        if not node.requires_grad:
            continue
        grad = slopes.pop(node)
        if node.recipe is None:
            node.grad = grad
            continue
        name, parents, options = node.recipe
        shares = back[name](grad, node.array, *[parent.array for parent in parents], **options)
        for parent, share in zip(parents, shares, strict=True):
            slopes[parent] = slopes[parent] + share if parent in slopes else share


# %% wrong="backprop: children first"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    slopes = {end: np.ones(end.array.shape)}
    for node in order:
        if not node.requires_grad:
            continue
        grad = slopes.pop(node)
        if node.recipe is None:
            node.grad = grad if node.grad is None else node.grad + grad
            continue
        name, parents, options = node.recipe
        shares = back[name](grad, node.array, *[parent.array for parent in parents], **options)
        for parent, share in zip(parents, shares, strict=True):
            slopes[parent] = slopes[parent] + share if parent in slopes else share


# %% wrong="backprop: gradients for everybody"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    slopes = {end: np.ones(end.array.shape)}
    for node in reversed(order):
        if not node.requires_grad:
            continue
        grad = slopes.pop(node)
        if node.recipe is not None:
            node.grad = grad
        if node.recipe is None:
            node.grad = grad if node.grad is None else node.grad + grad
            continue
        name, parents, options = node.recipe
        shares = back[name](grad, node.array, *[parent.array for parent in parents], **options)
        for parent, share in zip(parents, shares, strict=True):
            slopes[parent] = slopes[parent] + share if parent in slopes else share


# %% wrong="backprop: changes old gradients in place"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    slopes = {end: np.ones(end.array.shape)}
    for node in reversed(order):
        if not node.requires_grad:
            continue
        grad = slopes.pop(node)
        if node.recipe is None:
            if node.grad is None:
                node.grad = grad
            else:
                node.grad += grad
            continue
        name, parents, options = node.recipe
        shares = back[name](grad, node.array, *[parent.array for parent in parents], **options)
        for parent, share in zip(parents, shares, strict=True):
            slopes[parent] = slopes[parent] + share if parent in slopes else share


# %% wrong="backprop: starts with the value"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    slopes = {end: end.array * 1.0}
    for node in reversed(order):
        if not node.requires_grad:
            continue
        grad = slopes.pop(node)
        if node.recipe is None:
            node.grad = grad if node.grad is None else node.grad + grad
            continue
        name, parents, options = node.recipe
        shares = back[name](grad, node.array, *[parent.array for parent in parents], **options)
        for parent, share in zip(parents, shares, strict=True):
            slopes[parent] = slopes[parent] + share if parent in slopes else share


# %% wrong="backprop: constants get one too"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    slopes = {end: np.ones(end.array.shape)}
    for node in reversed(order):
        if node not in slopes:
            continue
        grad = slopes.pop(node)
        if node.recipe is None:
            node.grad = grad if node.grad is None else node.grad + grad
            continue
        name, parents, options = node.recipe
        shares = back[name](grad, node.array, *[parent.array for parent in parents], **options)
        for parent, share in zip(parents, shares, strict=True):
            slopes[parent] = slopes[parent] + share if parent in slopes else share


# %% wrong="backprop: forgets the options"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    slopes = {end: np.ones(end.array.shape)}
    for node in reversed(order):
        if not node.requires_grad:
            continue
        grad = slopes.pop(node)
        if node.recipe is None:
            node.grad = grad if node.grad is None else node.grad + grad
            continue
        name, parents, options = node.recipe
        shares = back[name](grad, node.array, *[parent.array for parent in parents], **dict.fromkeys(options))
        for parent, share in zip(parents, shares, strict=True):
            slopes[parent] = slopes[parent] + share if parent in slopes else share


# %% wrong="backprop: the result of the step left out"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    slopes = {end: np.ones(end.array.shape)}
    for node in reversed(order):
        if not node.requires_grad:
            continue
        grad = slopes.pop(node)
        if node.recipe is None:
            node.grad = grad if node.grad is None else node.grad + grad
            continue
        name, parents, options = node.recipe
        shares = back[name](grad, node.array * 0, *[parent.array for parent in parents], **options)
        for parent, share in zip(parents, shares, strict=True):
            slopes[parent] = slopes[parent] + share if parent in slopes else share


# %% equivalent="backprop: a share for each parent"
# - for parent, share in zip(parents, shares, strict=True):
# + for parent, share in zip(parents, shares):


# %% equivalent="backprop: a share for each parent, written otherwise"
# - for parent, share in zip(parents, shares, strict=True):
# + for parent, share in zip(parents, shares, strict=False):
