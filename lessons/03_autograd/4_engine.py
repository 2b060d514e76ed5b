# %% [markdown]
# ## 11 · Two layers on paper
#
# **In this part you will** find the gradients of two layers by hand, order any computation, and finish your own engine.
#
# First do it once by hand. A table `x` of rows (n, d) goes through a layer, a ReLU and another layer. **Softmax** makes
# chances of the scores, $p_{ij} = e^{s_{ij}} / \sum_k e^{s_{ik}}$, and the loss is the mean of $-\log$ of the chance of
# the right class. Its slope with respect to the scores is famous for being short: the chances minus the truth,
#
# $$\frac{\partial L}{\partial s_{ij}} = \frac{p_{ij} - [\,j = \text{label}_i\,]}{n}$$
#
# Call it $\delta_2$, and go on backwards. What is a weight's slope? What came in along it, times the $\delta$ where it
# arrives, added up over the rows. (A bracket is 1 where it is true and 0 elsewhere; $\odot$ multiplies entry by entry.)
#
# $$\frac{\partial L}{\partial W_2} = h^\top \delta_2 \qquad \delta_1 = (\delta_2 W_2^\top) \odot [\text{before} > 0]
# \qquad \frac{\partial L}{\partial W_1} = x^\top \delta_1$$
#
# The letters of `np.einsum` say the same without a transpose: with n rows, d inputs, h hidden units and o outputs,
# `"nd,dh->nh"` is `x @ w1`: the letter that is missing after the arrow is summed over.
#
# ### Exercise: every gradient by hand
# difficulty 3/5 · 12 minutes · cards: softmax-nll, softmax-nll-gradient, layer-equations, einsum-backprop
#
# Fill the blanks. `labels` are whole numbers (n,), `w1` is (d, h), `b1` (h,), `w2` (h, o), `b2` (o,).
#
# hint: For each einsum write down the shape that has to come out. Its letters stand behind the arrow.


# %% solution="two_layers" promises="leaves-inputs, no-trace"
def softmax_loss(scores: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """The mean negative logarithm of the right classes' chances, and its slopes with respect to the scores (n, o)."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))  # the same chances, and no power is too large
    chances = powers / powers.sum(axis=1, keepdims=True)  # ? powers.sum(axis=1, keepdims=True)
    rows = np.arange(len(labels))
    loss = -np.log(chances[rows, labels]).mean()  # ? chances[rows, labels]
    delta = chances.copy()
    delta[rows, labels] -= 1  # ? rows, labels | 1
    return loss, 1 / len(labels) * delta  # ? len(labels)


def two_layers(x, labels, w1, b1, w2, b2) -> tuple[float, tuple[np.ndarray, ...]]:
    """The loss of the network, and its slopes with respect to w1, b1, w2 and b2."""
    before = x @ w1 + b1
    hidden = np.maximum(before, 0)
    loss, delta2 = softmax_loss(hidden @ w2 + b2, labels)
    grad_w2 = np.einsum("nh,no->ho", hidden, delta2)  # ? "nh,no->ho"
    grad_b2 = delta2.sum(axis=0)
    delta1 = np.einsum("no,ho->nh", delta2, w2) * (before > 0)  # ? "no,ho->nh" | before > 0
    grad_w1 = np.einsum("nd,nh->dh", x, delta1)  # ? "nd,nh->dh" | x, delta1
    grad_b1 = delta1.sum(axis=0)  # ? delta1.sum(axis=0)
    return loss, (grad_w1, grad_b1, grad_w2, grad_b2)


# %% [markdown] explains="two_layers"
# Subtracting the largest score changes no chance: numerator and denominator lose the same factor. "Chances minus the
# truth" is one subtraction at the labels, and the mean divides by n. Check: two classes without any idea have chances
# ½, ½; for label 1 the slopes are 0.5 and −0.5. Each row adds up to zero: raising all scores together changes nothing.
#
# Backwards, the shapes guide you. `grad_w2` must be (h, o): what came in, `hidden` (n, h), and what arrives, `delta2`
# (n, o), summed over n. To the hidden units go `delta2` and `w2`, summed over o. The mask: a unit cut to zero passes
# nothing back. A bias is used in every row, so its slope is a sum over rows, not a mean: the n is in `delta2`.


# %% tests="two_layers" points=5
def network(rng, n, d, h, o):
    """Rows, labels and weights of a network with these sizes."""
    arrays = [rng.tensor(*shape, dtype=torch.float64).numpy() for shape in ((n, d), (d, h), (h,), (h, o), (o,))]
    return arrays[0], rng.integers(n, low=0, high=o - 1).numpy(), *arrays[1:]


def examples(rng):
    x, labels, w1, b1, w2, b2 = network(rng, 3, 2, 4, 3)
    yield checks.example(
        lambda *arrays: two_layers(*arrays)[1],
        {"x": x, "labels": labels, "w1": w1, "b1": b1, "w2": w2, "b2": b2},
    )


with checks.check("two classes and no idea", hint="chances of one half: minus the logarithm of it", points=1):
    loss, delta = softmax_loss(np.zeros((1, 2)), np.array([1]))
    checks.close(loss, math.log(2), rtol=1e-6, what="loss")
    checks.close(delta, [[0.5, -0.5]], rtol=1e-6, what="slopes of the scores")


### BEGIN HIDDEN TESTS
def by_torch(x, labels, *weights):
    """Loss and slopes as torch finds them."""
    w1, b1, w2, b2 = leaves = [torch.tensor(one, requires_grad=True) for one in weights]
    loss = F.cross_entropy(F.relu(torch.tensor(x) @ w1 + b1) @ w2 + b2, torch.tensor(labels))
    return loss.item(), torch.autograd.grad(loss, leaves)


rng = checks.rng()
cases = [network(rng, *sizes) for sizes in ((6, 3, 5, 4), (1, 2, 2, 2), (9, 4, 4, 4), (4, 1, 7, 3), (3, 3, 3, 3))]
x, labels, w1, b1, w2, b2 = network(rng, 4, 2, 3, 3)
cases.append((0 * x, labels, w1, 0 * b1, w2, b2))  # every unit stands exactly at the kink, where nothing goes back
with checks.check("loss and slopes of the scores", hint="chances minus the truth, divided by the rows"):
    for n, o, size in ((5, 4, 1.0), (1, 3, 1.0), (8, 2, 20.0), (3, 3, 1.0)):
        scores, labels = size * rng.tensor(n, o, dtype=torch.float64), rng.integers(n, low=0, high=o - 1)
        leaf = scores.clone().requires_grad_()
        right = F.cross_entropy(leaf, labels)
        loss, delta = softmax_loss((scores + 2000.0).numpy(), labels.numpy())
        checks.close(loss, right.item(), rtol=1e-6, atol=1e-9, what="loss")
        checks.close(delta, torch.autograd.grad(right, leaf)[0], rtol=1e-6, atol=1e-9, what="slopes")
with checks.check("the second layer", hint="what came in, times the delta where it arrives"):
    for case in cases:
        loss, slopes = two_layers(*case)
        right_loss, right = by_torch(*case)
        checks.close(loss, right_loss, rtol=1e-6, what="loss")
        for name, place in (("w2", 2), ("b2", 3)):
            checks.close(slopes[place], right[place], rtol=1e-6, atol=1e-9, what=name)
with checks.check("the first layer", points=2, hint="back through w2, then through the ReLU, then through w1"):
    for case in cases:
        slopes, right = two_layers(*case)[1], by_torch(*case)[1]
        for name, place in (("w1", 0), ("b1", 1)):
            checks.close(slopes[place], right[place], rtol=1e-6, atol=1e-9, what=name)
### END HIDDEN TESTS

# %% [markdown]
# *Further reading:* Nielsen, *Neural Networks and Deep Learning*, chapter 2; Goodfellow et al., *Deep Learning*, § 6.5.
#
# ## 12 · In which order?
#
# Paper works for two layers. For *any* computation we need the diary: each result remembers its **recipe** (which
# operation made it, from which **parents**). Slopes travel against these arrows. A value may hand its slope on to its
# parents only when everything that was made from it has handed in its own share. Here `a` is used twice. **Predict**
# what goes wrong if its slope is handed on after the first share, and which orders below are safe *from right to left*.

# %%
places = {"x": (0, 0), "a": (1, 0), "b": (2, 0.6), "c": (3, 0.6), "loss": (4, 0)}
figure, axis = plt.subplots(figsize=(6, 2))
for name, place in places.items():
    axis.text(*place, name, ha="center", va="center", bbox={"boxstyle": "circle", "facecolor": "white"})
for parent, child in (("x", "a"), ("a", "b"), ("b", "c"), ("a", "loss"), ("c", "loss")):
    axis.annotate("", places[child], places[parent], arrowprops={"arrowstyle": "->", "shrinkA": 16, "shrinkB": 16})
axis.set(xlim=(-0.4, 4.6), ylim=(-0.5, 1), title="x, a, b, c, loss?   x, a, c, b, loss?   x, b, a, c, loss?")
axis.set_axis_off()

# %% [markdown]
# An order in which everybody comes after all of their parents is called **topological**; only the first one is. Read
# backwards, it lets nobody hand on a slope that is not complete.
#
# ### Exercise: parents first
# difficulty 4/5 · 20 minutes · cards: topological-order, shared-parents
#
# Return everything that `end` was made from, and `end` itself as the last one: each exactly once, each after all of its
# parents. Any such order will do. `parents_of(node)` gives a list of nodes, the very one that the node keeps, so leave it
# as it is. Nodes can be keys of a dict or lie in a set. Computations may be long (5,000 steps in a row, more than Python
# lets a function call itself), and so much may be shared that there are more *paths* than atoms in the universe.
#
# hint: If you do not want to call yourself, keep a list of what is still to be done. You meet each node twice: once to put
# its parents on the list, once, when they are all done, to write it down.


# %% solution="in_order" promises="leaves-inputs, any-size(nothing before it)"
def in_order(end, parents_of) -> list:
    """All nodes that end was made from, and end itself, each after its parents."""
    ### BEGIN SOLUTION
    order, met, waiting = [], set(), [(end, False)]
    while waiting:
        node, parents_are_done = waiting.pop()
        if parents_are_done:
            order.append(node)
        elif node not in met:
            met.add(node)
            waiting.append((node, True))
            waiting.extend((parent, False) for parent in parents_of(node))
    return order
    ### END SOLUTION


# %% [markdown] explains="in_order"
# The list of what is still to be done takes each node twice: first "look at it", which puts "write it down" on the list
# and its parents *above* that; and since a list gives back what came last, all parents are finished before the node
# turns up again. `met` sees to it that shared nodes are looked at once; without it, 80 doublings mean $2^{80}$ paths.
#
# Breadth first looks as if it did the same, and does not. In the picture it meets loss, a, c, x, b; turned round, b
# comes before a, from which it was made. A node must not be written down when it is first *met*. The version that calls
# itself is shorter, and Python stops it after about a thousand calls. Networks over long sequences get there easily.


# %% tests="in_order" points=5
def ordered(in_order, end, graph):
    """The order that the student's function finds; it gives up on endless walks."""
    asked = []

    def parents_of(node):
        asked.append(node)
        if len(asked) > 20 * len(graph) + 20:
            raise RuntimeError("parents_of was asked far too often: is every path walked on its own?")
        return list(graph[node])

    return list(in_order(end, parents_of))


def judge(order, end, graph):
    """Fail unless the order is topological and holds exactly the ancestors of the end."""
    wanted, waiting = set(), [end]
    while waiting:
        node = waiting.pop()
        if node not in wanted:
            wanted.add(node)
            waiting.extend(graph[node])
    checks.equal(len(order), len(wanted), what="how many nodes")
    checks.true(set(order) == wanted, "it does not hold each node that the end was made from exactly once")
    place = {node: number for number, node in enumerate(order)}
    early = [(node, parent) for node in order for parent in graph[node] if place[parent] > place[node]]
    checks.true(not early, f"{early[:1]}: a node comes before its parent")


def examples(rng):
    call = lambda end, graph: checks.on_student_side(ordered, in_order, end, graph)
    yield checks.example(call, {"end": "a", "graph": {"a": []}}, size="nothing before it", right=["a"])
    yield checks.example(call, {"end": "b", "graph": {"a": [], "b": ["a", "a"]}})


with checks.check("the picture", hint="only one order is right", points=1):
    graph = {"x": [], "a": ["x"], "b": ["a"], "c": ["b"], "loss": ["a", "c"]}
    checks.equal(checks.on_student_side(ordered, in_order, "loss", graph), ["x", "a", "b", "c", "loss"])
### BEGIN HIDDEN TESTS
rng = checks.rng()


def drawn_graph(n):
    """n nodes with up to three parents each, by names that say nothing of the order."""
    names = [f"n{number:03}" for number in rng.permutation(n).tolist()]
    parents = {}
    for place, name in enumerate(names):
        count = min(place, rng.integer(0, 3))
        parents[name] = [names[place - 1]] * (place % 5 == 1) + [rng.choice(names[:place]) for _ in range(count)]
    return names, {name: parents[name] for name in sorted(names)}


def lists_after(in_order, end, graph):
    """The lists of parents after a call that was given these very lists."""
    own = {node: list(parents) for node, parents in graph.items()}
    list(in_order(end, lambda node: own[node]))
    return list(own.values())


falsy = {"": [], "y": [""], "z": ["y", ""], "end": ["", "z"]}  # a node may be falsy
with checks.check("graphs of all kinds", points=1.5, hint="every parent before its child, nobody twice, nobody else"):
    for n in (2, 5, 12, 30, 30, 60):
        names, graph = drawn_graph(n)
        for end in (names[-1], rng.choice(names)):
            judge(checks.on_student_side(ordered, in_order, end, graph), end, graph)
    late = {"x": [], "y": ["x"], "z": ["y"], "end": ["x", "z", "y"]}
    for parents in (["x", "z", "y"], ["z", "y", "x"], ["y", "x", "z"], ["x", "x", "z"], ["z", "x", "x"]):
        judge(checks.on_student_side(ordered, in_order, "end", late | {"end": parents}), "end", late | {"end": parents})
    judge(checks.on_student_side(ordered, in_order, "end", falsy), "end", falsy)
with checks.check("the lists of parents stay as they are", points=0.5, hint="whose list is it that you change?"):
    checks.equal(checks.on_student_side(lists_after, in_order, "end", falsy), [*falsy.values()])
with checks.check("a long chain", hint="a function that calls itself 5,000 times is stopped by Python"):
    chain = {"s0": []} | {f"s{k}": [f"s{k - 1}"] for k in range(1, 5000)}
    judge(checks.on_student_side(ordered, in_order, "s4999", chain), "s4999", chain)
with checks.check("everything shared: 80 doublings have 2⁸⁰ paths", hint="do you visit a node that you know already?"):
    ladder = {"s0": []} | {f"s{k}": [f"s{k - 1}", f"s{k - 1}"] for k in range(1, 81)}
    judge(checks.on_student_side(ordered, in_order, "s80", ladder), "s80", ladder)
    weave = {"s0": [], "s1": ["s0"]} | {f"s{k}": [f"s{k - 1}", f"s{k - 2}"] for k in range(2, 80)}
    judge(checks.on_student_side(ordered, in_order, "s79", weave), "s79", weave)
### END HIDDEN TESTS

# %% [markdown]
# ## 13 · Your own engine
#
# Here is half of an engine, without torch: a `Tensor` holds an array and its recipe; `step` runs an operation forwards.

# %% setup
from typing import NamedTuple


class Recipe(NamedTuple):
    """How a tensor was made: the name of the operation, the tensors that went in, and what else it was told."""

    name: str
    parents: list
    options: dict


class Tensor:
    """An array that remembers how it was made; a leaf has no recipe."""

    def __init__(self, array, requires_grad=False, recipe=None):
        self.array = np.asarray(array, dtype=np.float64)
        self.requires_grad, self.recipe, self.grad = requires_grad, recipe, None

    def __add__(self, other):
        return step("add", self, other)

    def __mul__(self, other):
        return step("multiply", self, other)

    def __sub__(self, other):
        return self + step("multiply", other, -1.0)

    def __matmul__(self, other):
        return step("matmul", self, other)

    def __getitem__(self, index):
        return step("getitem", self, index=index)


FORWARDS = {
    "add": np.add,
    "multiply": np.multiply,
    "matmul": np.matmul,
    "maximum": np.maximum,
    "log": np.log,
    "exp": np.exp,
    "sum": lambda x, axis, keepdims: x.sum(axis=axis, keepdims=keepdims),
    "getitem": lambda x, index: x[index],
}


def step(name, *inputs, **options):
    """The result of an operation on tensors, arrays and numbers, with its recipe if anybody needs a gradient."""
    parents = [one if isinstance(one, Tensor) else Tensor(one) for one in inputs]
    array = FORWARDS[name](*[parent.array for parent in parents], **options)
    recorded = any(parent.requires_grad for parent in parents)
    return Tensor(array, recorded, Recipe(name, parents, options) if recorded else None)


# %% [markdown]
# ### Exercise: the walk back
# difficulty 4/5 · 20 minutes · cards: homemade-tensor, recipe, backward-table, backward-root
#
# The other half. `end` is a tensor with one number, of any shape, even a leaf. `order` lists everything that it was made
# from, parents first and `end` last. `back` is a table: `back["multiply"](grad, out, x, y)` returns a tuple with the
# slopes for each parent, in its shape; after the parents' arrays a function takes the recipe's options by name
# (`back["sum"](grad, out, x, axis=0, keepdims=True)`).
#
# Add the slope of `end` to `.grad` of every *leaf* that requires a gradient: an array of the leaf's shape. `None` means
# that nothing was there before; a slope of 0 is added as well. Nothing else gets a `.grad`, and no array that somebody
# else may be holding (an array of a tensor, an old `.grad`) is changed in place.
#
# hint: Keep the slopes of the tensors on the way in a dict of your own. A tensor may get its slope in several shares,
# even two from the same recipe: $x \cdot x$.


# %% solution="backprop" promises="no-trace"
def backprop(end, order: list, back: dict) -> None:
    """Adds the slopes of end to the .grad of the leaves."""
    ### BEGIN SOLUTION
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
            slopes[parent] = slopes[parent] + share if parent in slopes else share
    ### END SOLUTION


# %% [markdown] explains="backprop"
# Begin with the slope of the end by itself, which is 1 (not its value), and go through the order backwards. When a
# node's turn comes, its slope is complete. A leaf keeps it, anything else asks the table for its parents' shares.
# Shares are *added*: for $x \cdot x$ the recipe has the same parent twice, at 3 with a share of 3 each, 6 in all.
#
# Write `slopes[parent] + share`, which makes a new array. `add` hands the same array to both parents, so `+=` on one
# would change the other's. The same holds for an old `.grad`. A node that needs no gradient is skipped, with everything
# that only it depends on. Slopes of tensors on the way are taken out of the dict and forgotten, as torch does.


# %% tests="backprop" points=7
def walked_back(backprop, leaves, steps, times=1, before=None):
    """The .grad of each leaf, and how many others got one, after so many walks back through these steps.

    A leaf is an array and whether it requires a gradient; a step is an operation, the numbers of its parents, options.
    """
    from collections import namedtuple

    import numpy as np

    Recipe = namedtuple("Recipe", "name parents options")

    class Node:
        def __init__(self, array, requires_grad, recipe=None):
            self.array, self.requires_grad, self.recipe, self.grad = np.asarray(array), requires_grad, recipe, None

    forwards = {"add": np.add, "multiply": np.multiply, "matmul": np.matmul, "tanh": np.tanh}
    forwards["sum"] = lambda x, axis: x.sum(axis=axis)
    back = {
        "add": lambda grad, out, x, y: (grad, grad),
        "multiply": lambda grad, out, x, y: (grad * y, grad * x),
        "matmul": lambda grad, out, x, y: (grad @ y.T, x.T @ grad),
        "tanh": lambda grad, out, x: (grad * (1 - out**2),),
        "sum": lambda grad, out, x, axis: (np.zeros(x.shape) + (grad if axis is None else np.expand_dims(grad, axis)),),
    }
    nodes = [Node(array, needed) for array, needed in leaves]
    for place, old in (before or {}).items():
        nodes[place].grad = old.copy()
    held = [node.grad for node in nodes]
    for name, numbers, options in steps:
        parents = [nodes[number] for number in numbers]
        needed = any(parent.requires_grad for parent in parents)
        array = forwards[name](*[parent.array for parent in parents], **options)
        nodes.append(Node(array, needed, Recipe(name, parents, options) if needed else None))
    arrays = [node.array.copy() for node in nodes]
    for _ in range(times):
        backprop(nodes[-1], list(nodes), back)
    if not all(np.array_equal(node.array, array) for node, array in zip(nodes, arrays, strict=True)):
        raise ValueError("an array of a tensor was changed")
    if not all(np.array_equal(grad, before[place]) for place, grad in enumerate(held) if grad is not None):
        raise ValueError("an old .grad was changed in place")
    others = sum(node.grad is not None for node in nodes[len(leaves) :])
    return [node.grad for node in nodes[: len(leaves)]], others


def examples(rng):
    def slope(x):
        return checks.on_student_side(walked_back, backprop, [(x, True)], [("multiply", (0, 0), {})])[0][0]

    yield checks.example(slope, {"x": np.array(rng.uniform(1, 2))})


with checks.check("x times x, at 3", hint="two shares from the same recipe", points=1):
    (grad,), _ = checks.on_student_side(walked_back, backprop, [(np.array(3.0), True)], [("multiply", (0, 0), {})])
    checks.close(grad, 6.0)
with checks.check("x times 5: no gradient for the 5", hint="only leaves that require one", points=1):
    leaves = [(np.array(3.0), True), (np.array(5.0), False)]
    (grad, none), _ = checks.on_student_side(walked_back, backprop, leaves, [("multiply", (0, 1), {})])
    checks.close(grad, 5.0)
    checks.true(none is None, "the 5 requires no gradient and has one")


### BEGIN HIDDEN TESTS
def by_torch(leaves, steps):
    """The same slopes from torch's diary."""
    forwards = {"add": torch.add, "multiply": torch.mul, "matmul": torch.matmul, "tanh": torch.tanh}
    forwards["sum"] = lambda x, axis: x.sum() if axis is None else x.sum(dim=axis)
    nodes = [torch.tensor(array, requires_grad=needed) for array, needed in leaves]
    made = list(nodes)
    for name, numbers, options in steps:
        made.append(forwards[name](*[made[number] for number in numbers], **options))
    made[-1].backward()
    return [node.grad for node in nodes]


def array(rng, *shape):
    return rng.tensor(*shape, dtype=torch.float64).numpy()


rng = checks.rng()
number = [(array(rng), True)]
net = [(array(rng, 4, 3), False), (array(rng, 3, 5), True), (array(rng, 5, 2), True), (array(rng, 4, 2), False)]
net_steps = [("matmul", (0, 1), {}), ("tanh", (4,), {}), ("matmul", (5, 2), {}), ("multiply", (6, 3), {})]
net_steps += [("sum", (7,), {"axis": 1}), ("multiply", (8, 8), {}), ("sum", (9,), {"axis": None})]
ladder = [("tanh", (0,), {})] + [("add", (k, k), {}) for k in range(1, 12)]
shortcut = [("tanh", (0,), {}), ("multiply", (1, 0), {}), ("tanh", (2,), {})]
shortcut += [("add", (3, 1), {}), ("multiply", (4, 0), {})]
constants = [(array(rng), False), (array(rng), True), (array(rng), False)]
constant_steps = [("multiply", (0, 2), {}), ("tanh", (3,), {}), ("multiply", (4, 1), {}), ("add", (5, 0), {})]
forked = [(array(rng, 3), True), (array(rng, 3), True)]
forked_steps = [("tanh", (1,), {}), ("add", (0, 1), {}), ("add", (3, 2), {}), ("sum", (4,), {"axis": None})]
twins = [(forked[0][0], True), (forked[0][0].copy(), True), (np.zeros(3), False)]  # equal numbers; and a factor of 0
twin_steps = [("tanh", (1,), {}), ("multiply", (3, 2), {}), ("multiply", (0, 0), {}), ("add", (4, 5), {})]
twin_steps += [("sum", (6,), {"axis": None})]
cases = {
    "a network of matrices": (net, net_steps),
    "a ladder of doublings": (number, ladder),
    "shortcuts": (number, shortcut),
    "constants along the way": (constants, constant_steps),
    "a sum of what is used elsewhere": (forked, forked_steps),
    "two leaves of equal numbers, one times zero": (twins, twin_steps),
    "an end of shape (1, 1)": ([(array(rng, 1, 3), True), (array(rng, 3, 1), True)], [("matmul", (0, 1), {})]),
    "a leaf at the end": (number, []),
}
with checks.check("slopes through any graph", points=2, hint="shares from all children first; then the recipe"):
    for name, (leaves, steps) in cases.items():
        got, _ = checks.on_student_side(walked_back, backprop, leaves, steps)
        for mine, right in zip(got, by_torch(leaves, steps), strict=True):
            if right is not None:
                checks.close(mine, right, rtol=1e-6, atol=1e-9, what=name)
with checks.check("only leaves that ask get a .grad", hint="what is on the way keeps nothing"):
    for name, (leaves, steps) in cases.items():
        got, others = checks.on_student_side(walked_back, backprop, leaves, steps)
        checks.equal([grad is not None for grad in got], [needed for _, needed in leaves], what=name)
        checks.equal(others, 0, what=f"{name}: tensors on the way with a .grad")
with checks.check("a second walk adds, and old gradients stay in the sum", points=2, hint="add to it, in a new array"):
    for name, (leaves, steps) in cases.items():
        right = by_torch(leaves, steps)
        got, _ = checks.on_student_side(walked_back, backprop, leaves, steps, 2)
        old = {k: array(rng, *np.shape(one)) for k, (one, needed) in enumerate(leaves) if needed}
        added, _ = checks.on_student_side(walked_back, backprop, leaves, steps, 1, old)
        for k, before in old.items():
            checks.close(got[k], 2 * right[k], rtol=1e-6, atol=1e-9, what=f"{name}, twice")
            checks.close(added[k], before + right[k].numpy(), rtol=1e-6, atol=1e-9, what=f"{name}, onto an old one")
### END HIDDEN TESTS

# %% [markdown]
# A dozen lines, the heart of every library in this field, without a word of matrices or losses: those are in the table.
#
# **Now you can** derive a network's gradients on paper, order any computation so that slopes can travel, and walk back.
# *Further reading:* Cormen et al., *Introduction to Algorithms*, on topological sort (22.4 in the third edition);
# Karpathy, *micrograd*, an engine for single numbers in a hundred lines; Baydin et al. (2018), section 5.
