# %% [markdown]
# ## 10 · What a module is made of
# **In this part you will** build linear layers and containers, use the ready-made ones, and write a Module of your own.
#
# `nn.Linear(d, units)` starts weight and bias uniformly between $\pm 1/\sqrt{d}$. Its weight is **(units, d)**, one row
# a unit, so the forward pass needs the transpose, in words for `einops.rearrange`: `"row col -> col row"`.
# `nn.Sequential` calls modules one after the other; `self.add_module(name, module)` puts them into `self._modules`.
#
# ### Exercise: Linear and Sequential
# difficulty 2/5 · 8 minutes · cards: linear-by-hand, sequential-by-hand, linear-default
#
# Fill the blanks. The layers of `Sequential` get the names `"0"`, `"1"` and so on, as in PyTorch.


# %% solution="parts" promises="leaves-inputs, differentiable(x, weight, bias), tensor"
class Linear(nn.Module):
    """x times the transposed weight, plus the bias; x is (batch, in_features)."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        limit = in_features**-0.5  # ? in_features**-0.5
        rows = torch.empty(out_features, in_features)  # ? out_features, in_features
        self.weight = nn.Parameter(rows.uniform_(-limit, limit))  # ? nn.Parameter
        self.bias = nn.Parameter(torch.empty(out_features).uniform_(-limit, limit))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        columns = rearrange(self.weight, "row col -> col row")  # ? rearrange | "row col -> col row"
        return x @ columns + self.bias  # ? self.bias


class Sequential(nn.Module):
    """Calls its layers one after the other."""

    def __init__(self, *layers: nn.Module):
        super().__init__()
        for number, layer in enumerate(layers):
            self.add_module(str(number), layer)  # ? add_module | str(number)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self._modules.values():  # ? _modules
            x = layer(x)  # ? layer(x)
        return x


# %% tests="parts" points=3
def examples(rng):
    layer = Linear(3, 2)
    yield checks.example(layer, {"x": rng.tensor(4, 3)}, leaves={"weight": layer.weight, "bias": layer.bias})
    yield checks.example(Sequential(Linear(3, 4), Linear(4, 2)), {"x": rng.tensor(2, 3)})


def set_to(linear, weight, bias, x):
    """Shapes of the parameters, the largest entry of a wide layer of each, and what the layer says with these weights."""
    import torch

    layer = linear(weight.shape[1], weight.shape[0])
    shapes = {name: list(p.shape) for name, p in layer.named_parameters()}
    with torch.no_grad():
        layer.weight.copy_(weight)
        layer.bias.copy_(bias)
    wide = linear(400, 300)
    spread = [float(wide.weight.abs().max()), float(wide.weight.std()), float(wide.bias.std())]
    spread.append(bool((wide.weight != linear(400, 300).weight).any()))
    return shapes, layer(x).detach(), spread


def in_a_row(sequential, x):
    """What the student's container says, what the same layers say by hand, and the names of its parameters."""
    import torch
    from torch import nn

    layers = [nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 4), nn.ReLU(), nn.Linear(4, 2)]
    net, right = sequential(*layers), x
    for layer in layers:
        right = layer(right)
    found = [net(x).detach(), right.detach(), list(net.state_dict())]
    return [*found, sequential(layers[0])(x).detach(), layers[0](x).detach(), sequential()(x)]


with checks.check("one unit", hint="two times three, plus one", points=0.5):
    one = torch.ones(1, 1)
    checks.close(checks.on_student_side(set_to, Linear, 2 * one, one[0], 3 * one)[1], [[7.0]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("a linear layer of any size", points=0.5, hint="the weight has a row for each unit; transpose it"):
    for units, features, n in ((3, 5, 4), (1, 4, 2), (6, 1, 3), (2, 2, 1)):
        weight, bias, x = rng.tensor(units, features), rng.tensor(units), rng.tensor(n, features)
        shapes, got, _ = checks.on_student_side(set_to, Linear, weight, bias, x)
        checks.equal(shapes, {"weight": [units, features], "bias": [units]}, what="shapes")
        checks.close(got, F.linear(x, weight, bias), rtol=1e-3, atol=1e-5)
with checks.check("uniform between ±1/√in", hint="how many numbers go into a unit?"):
    one = torch.ones(1)
    _, _, (largest, std, bias_std, fresh) = checks.on_student_side(set_to, Linear, one[None], one, one[None])
    checks.between(largest * 20, 0.99, 1 + 1e-6)
    checks.true(fresh, "two layers start from the same numbers: is a generator seeded?")
    checks.between(std * 20 * math.sqrt(3), 0.98, 1.02)
    checks.between(bias_std * 20 * math.sqrt(3), 0.85, 1.15)
with checks.check("layers in a row, registered by number", hint="each layer gets what the last one returned"):
    x = rng.tensor(4, 3)
    got, right, names, alone, first, empty = checks.on_student_side(in_a_row, Sequential, x)
    checks.close(got, right, what="five layers")
    checks.close(alone, first, what="one layer")
    checks.close(empty, x, what="no layer at all")
    checks.equal(names, [f"{k}.{kind}" for k in (0, 2, 4) for kind in ("weight", "bias")], what="parameters")
### END HIDDEN TESTS

# %% [markdown]
# `nn.Flatten()` turns pictures (batch, 28, 28) into rows (batch, 784): axis 0 stays. `nn.ReLU` is a *module*, `F.relu`
# a *function*: in a `forward` either will do, in `nn.Sequential` only modules. `nn.ReLU(inplace=True)` overwrites its
# input, which saves memory, but is wrong where it is still needed. `nn.Sequential` takes names from an `OrderedDict`.
#
# ### Exercise: from the shelf
# difficulty 2/5 · 10 minutes · cards: digit-net, shelf-bends, dense-sigmoid, flatten-axis, sequential, relu-inplace
#
# Fill the blanks. `DigitNet` turns pictures (batch, 28, 28) by two hidden layers of `width` ReLUs into ten scores each.


# %% solution="shelf" promises="leaves-inputs"
def bent_range() -> tuple[torch.Tensor, torch.Tensor]:
    """ReLU and GELU of the numbers −2, −1, 0, 1, 2."""
    from torch.nn import GELU, ReLU  # ? nn | GELU, ReLU

    x = torch.arange(-2, 3)  # ? -2, 3
    return ReLU()(x), GELU()(x.float())  # ? ReLU()(x) | GELU()


class Dense(nn.Module):
    """A linear layer with a sigmoid."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.linear(x))  # ? sigmoid | self.linear(x)


class DigitNet(nn.Module):
    """Flattens pictures and reads them with two hidden layers."""

    def __init__(self, width: int):
        super().__init__()
        self.flatten = nn.Flatten()  # ? nn.Flatten()
        self.stack = nn.Sequential(  # ? Sequential
            nn.Linear(28 * 28, width),  # ? 28 * 28, width
            nn.ReLU(),  # ? ReLU
            nn.Linear(width, width),  # ? width, width
            nn.ReLU(),
            nn.Linear(width, 10),  # ? width, 10
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.stack(self.flatten(x))  # ? self.stack | self.flatten(x)


def named_net() -> nn.Module:
    """Pictures to ten scores by 16 hidden ReLUs; the layers are called flat, hidden, bend and out."""
    layers = OrderedDict()  # ? OrderedDict
    layers["flat"] = nn.Flatten()
    layers["hidden"] = nn.Linear(784, 16)  # ? 784, 16
    layers["bend"] = nn.ReLU()
    layers["out"] = nn.Linear(16, 10)  # ? 16, 10
    return nn.Sequential(layers)


# %% tests="shelf" points=4
def dense_of(dense, weight, bias, x):
    """What the layer says with this weight and this bias."""
    import torch

    layer = dense(weight.shape[1], weight.shape[0])
    torch.nn.utils.vector_to_parameters(torch.cat([weight.flatten(), bias]), layer.parameters())
    return layer(x).detach()


def net_of(make, width, weights, x):
    """Shapes and names of a net's parameters, the names of its own layers, and its scores with these weights."""
    import torch

    net = make() if width is None else make(width)
    shapes = {name: list(p.shape) for name, p in net.named_parameters()}
    count = sum(p.numel() for p in net.parameters())
    torch.nn.utils.vector_to_parameters(weights[:count], net.parameters())
    return shapes, [name for name, _ in net.named_children()], net(x).detach()


def examples(rng):
    call = lambda x, weight, bias: checks.on_student_side(dense_of, Dense, weight, bias, x)
    yield checks.example(call, {"x": rng.tensor(2, 3), "weight": rng.tensor(2, 3), "bias": rng.tensor(2)})


with checks.check("bent from −2 to 2", hint="which module bends how? GELU needs floats, ReLU does not", points=0.5):
    hard, soft = bent_range()
    checks.close(hard, [0, 0, 0, 1, 2])
    checks.close(soft, [-0.0455, -0.1587, 0.0, 0.8413, 1.9545], rtol=1e-2, atol=1e-3)
with checks.check(
    "ten scores a picture", hint="which size comes out of each layer and goes into the next?", points=0.5
):
    _, _, scores = checks.on_student_side(net_of, DigitNet, 5, torch.zeros(5000), torch.zeros(3, 28, 28))
    checks.shape(scores, 3, 10)


### BEGIN HIDDEN TESTS
def by_formula(weights, x, sizes):
    """The scores of a net of ReLUs with these weights, matrix by matrix."""
    a, place = x.flatten(1).double(), 0
    for number, (d, units) in enumerate(itertools.pairwise(sizes)):
        w = weights[place : place + d * units].reshape(units, d).double()
        b = weights[place + d * units : place + d * units + units].double()
        a, place = a @ w.T + b, place + d * units + units
        a = a if number == len(sizes) - 2 else a.clamp(min=0)
    return a


rng = checks.rng()
with checks.check("a dense layer", points=0.5, hint="first the linear layer, then the sigmoid"):
    for units, features in ((2, 3), (1, 4), (5, 1)):
        weight, bias, x = rng.tensor(units, features), rng.tensor(units), rng.tensor(4, features)
        got = checks.on_student_side(dense_of, Dense, weight, bias, x)
        checks.close(got, torch.sigmoid(x @ weight.T + bias), rtol=1e-3)
with checks.check("two hidden layers of any width", points=1.5, hint="784 in, width, width, 10 out; a ReLU after both"):
    for width in (1, 7, 12):
        weights = 0.3 * rng.tensor(784 * width + 40 * width + width * width + 10)
        x, right = rng.tensor(4, 28, 28), {}
        for k, size in (("0", [width, 784]), ("2", [width, width]), ("4", [10, width])):
            right |= {f"stack.{k}.weight": size, f"stack.{k}.bias": size[:1]}
        shapes, names, scores = checks.on_student_side(net_of, DigitNet, width, weights, x)
        checks.equal(shapes, right, what=f"parameters, width {width}")
        checks.equal(names, ["flatten", "stack"], what="the layers")
        checks.close(scores, by_formula(weights, x, [784, width, width, 10]), rtol=1e-2, atol=1e-3)
with checks.check("a net with names", hint="an OrderedDict from names to layers"):
    x, weights = rng.tensor(3, 28, 28), 0.3 * rng.tensor(12730)
    shapes, names, scores = checks.on_student_side(net_of, named_net, None, weights, x)
    checks.equal(names, ["flat", "hidden", "bend", "out"], what="the layers")
    checks.close(scores, by_formula(weights, x, [784, 16, 10]), rtol=1e-2, atol=1e-3)
### END HIDDEN TESTS

# %%
for name, p in DigitNet(64).named_parameters():
    print(f"{name:16}{tuple(p.shape)!s:12}{p.numel():8,}")

# %% [markdown]
# ## 11 · Your own Module
# How does a network know its parameters from `self.linear = nn.Linear(3, 2)`? Assignment calls `__setattr__`, and that
# of `nn.Module` keeps **parameters**, **modules** and all else apart. A state tensor that is not trained, such as a
# running mean, is a **buffer**. **Hooks** are called after `forward` and see, and may replace, what it returns.
#
# ### Exercise: Module
# difficulty 5/5 · 40 minutes · cards: register, parameters-iterator, buffers, hooks, list-of-layers
#
# Write the methods, without `nn.Module`. Each object has four tables of its own, from names to values (`_plain` begins
# with `training`), and a list of hooks. Where Python finds no attribute, `__getattr__` searches the tables.
#
# - `__setattr__`: an `nn.Parameter` goes into `_parameters`, a `Module` into `_modules`, each under its name,
#   anything else into `_plain`. A new value takes the place of an old one of that name, also of another kind. A plain
#   tensor that is assigned to the name of a buffer becomes that buffer's new value.
# - `register_buffer(name, tensor)`: into `_buffers`, under a name that is not taken yet.
# - `named_parameters(prefix="")`: pairs of name and parameter, first its own in the order of registration (a new value
#   may stand where the old one stood, or last), then those of each module inside, under names such as `"first.bias"`.
#   `prefix` stands before every name as it is, without another dot. `parameters()` goes through the parameters alone.
# - `state_dict(prefix="")`: a dictionary from names to *detached* tensors: its own parameters, its own buffers, then
#   the same of each module inside.
# - `train(mode=True)` and `eval()`: set `training` here and in all modules inside, and return the module.
# - `add_hook(hook)`: calling the module is now `forward`, then its hooks in order: `hook(module, args, output)` with
#   the tuple `args` of what came in (no keywords). What a hook returns replaces the output, unless it is `None`.


# %% solution="Module" promises="leaves-inputs"
class Module:
    """Knows its parameters, buffers and inner modules by name."""

    _parameters = cached_property(lambda self: {})
    _buffers = cached_property(lambda self: {})
    _modules = cached_property(lambda self: {})
    _plain = cached_property(lambda self: {"training": True})
    _hooks = cached_property(lambda self: [])

    def __getattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules, self._plain):
            if name in table:
                return table[name]
        raise AttributeError(f"{type(self).__name__} has no attribute {name}")

    ### BEGIN SOLUTION
    def __setattr__(self, name, value):
        place = self._plain
        if isinstance(value, nn.Parameter):
            place = self._parameters
        elif isinstance(value, Module):
            place = self._modules
        elif isinstance(value, torch.Tensor) and name in self._buffers:
            place = self._buffers
        for other in (self._plain, self._parameters, self._buffers, self._modules):
            if other is not place:
                other.pop(name, None)
        place[name] = value

    def register_buffer(self, name, tensor):
        self._buffers[name] = tensor

    def named_parameters(self, prefix=""):
        for name, parameter in self._parameters.items():
            yield prefix + name, parameter
        for name, module in self._modules.items():
            yield from module.named_parameters(f"{prefix}{name}.")

    def parameters(self):
        return (parameter for _, parameter in self.named_parameters())

    def state_dict(self, prefix=""):
        own = {**self._parameters, **self._buffers}
        state = {prefix + name: tensor.detach() for name, tensor in own.items()}
        for name, module in self._modules.items():
            state |= module.state_dict(f"{prefix}{name}.")
        return state

    def train(self, mode=True):
        self.training = mode
        for module in self._modules.values():
            module.train(mode)
        return self

    def eval(self):
        return self.train(False)

    def add_hook(self, hook):
        self._hooks.append(hook)

    def __call__(self, *args):
        output = self.forward(*args)
        for hook in self._hooks:
            found = hook(self, args, output)
            output = output if found is None else found
        return output

    ### END SOLUTION


# %% tests="Module" points=8
def tree(module, a, b):
    """A module with two inside, one of them in another, and all that can be asked of it."""
    import torch
    from torch import nn

    class Leaf(module):
        def __init__(self, values):
            super().__init__()
            self.register_buffer("mean", values + 1)
            self.register_buffer("other", values * 3)
            self.slope, self.count, self.plain = nn.Parameter(values), 3, values * 2
            self.bias = nn.Parameter(values.sum())

        def forward(self, x, y=0.0):
            return x * self.slope + self.bias + y

    class Tree(module):
        def __init__(self):
            super().__init__()
            self.right = Leaf(a)
            self.originals = [nn.Parameter(b)]
            self.scale = self.originals[0]
            self.middle = module()
            self.middle.left = Leaf(b)

    leaf, net = Leaf(a.clone()), Tree()
    named = list(net.named_parameters())
    (leaf(a) * b).sum().backward()
    found = {
        "values": {name: p.detach().clone() for name, p in named},
        "order": [name for name, _ in named],
        "prefixed": [[name for name, _ in net.named_parameters("a.b/")], list(leaf.state_dict("c."))],
        "same": named[0][1] is net.originals[0] and named[-1][1] is net.middle.left.bias,
        "parameters": len(list(net.parameters())),
        "state": {name: value.clone() for name, value in net.state_dict().items()},
        "state order": list(net.state_dict()),
        "graph": any(value.requires_grad for value in net.state_dict().values()),
        "plain": [leaf.count, leaf.plain.clone(), leaf.mean.clone(), leaf.training],
        "result": leaf(a, 2.0).detach(),
        "slope": leaf.slope.grad,
    }
    left = net.middle.left
    found["modes"] = [net.eval() is net, net.training, net.right.training, left.training]
    found["modes"] += [net.train() is net, net.training, left.training, net.train(False).right.training]
    return found


def replaced(module, a):
    """For each change of x from one kind to another: the names that remain, and whether x is what was assigned."""
    import torch
    from torch import nn

    def of_kind(kind):
        inner = module()
        inner.p = nn.Parameter(a.clone())
        return {"parameter": nn.Parameter(a + 1), "module": inner, "tensor": torch.ones(3), "number": 4.0}.get(kind)

    kinds, found = ("parameter", "module", "tensor", "number", "nothing"), {}
    for old in (*kinds, "buffer"):
        for new in kinds:
            net, before, value = module(), a * 2, of_kind(new)
            net.y = nn.Parameter(a)
            if old == "buffer":
                net.register_buffer("x", before)
            else:
                net.x = of_kind(old)
            net.x = value
            right = torch.equal(net.x, value) if new == "tensor" else net.x is value
            names = [name for name, _ in net.named_parameters()]
            found[f"{old} to {new}"] = names, list(net.state_dict()), right and torch.equal(before, a * 2)
    return found


def hooked(module, x, kinds):
    """What a module says that doubles, with hooks of these kinds, and what the hooks saw."""
    seen = []

    class Double(module):
        def forward(self, x):
            return 2 * x

    double, other = Double(), Double()
    hooks = {
        "look": lambda m, args, out: seen.append((m is double, len(args), float(args[0].sum()), float(out.sum()))),
        "plus one": lambda m, args, out: out + 1,
        "times three": lambda m, args, out: out * 3,
        "nothing": lambda m, args, out: out * 0,
    }
    for kind in kinds:
        double.add_hook(hooks[kind])
    return double(x), other(x), seen


def examples(rng):
    call = lambda x: checks.on_student_side(hooked, Module, x, ["look"])[0]
    yield checks.example(call, {"x": rng.tensor(3)})


with checks.check("parameters are found by name", hint="an nn.Parameter goes into _parameters, a Module into _modules"):
    found = checks.on_student_side(tree, Module, torch.tensor([1.0, 2.0]), torch.tensor([3.0, 4.0]))
    right = ["scale", "right.slope", "right.bias", "middle.left.slope", "middle.left.bias"]
    checks.equal(found["order"], right)
    checks.close(found["values"]["middle.left.slope"], [3.0, 4.0])
    own = [f"c.{name}" for name in ("slope", "bias", "mean", "other")]
    checks.equal(found["prefixed"], [[f"a.b/{name}" for name in right], own], what="with a prefix")
### BEGIN HIDDEN TESTS
rng = checks.rng()
a, b = rng.tensor(2), rng.tensor(2)
with checks.check("the same parameters, not copies, and slopes reach them", hint="hand out what was assigned"):
    found = checks.on_student_side(tree, Module, a, b)
    checks.true(found["same"], "named_parameters hands out other tensors than those that were assigned")
    checks.equal(found["parameters"], 5, what="how many parameters")
    checks.close(found["slope"], a * b, rtol=1e-4)
    checks.close(found["result"], a * a + a.sum() + 2, rtol=1e-4, what="forward with two arguments")
with checks.check("ordinary attributes and buffers", hint="only parameters and modules are registered by assignment"):
    count, plain, mean, training = checks.on_student_side(tree, Module, a, b)["plain"]
    checks.equal((count, training), (3, True))
    checks.close(plain, 2 * a)
    checks.close(mean, a + 1)
with checks.check("the state: parameters, buffers, then what is inside", hint="a name for each level, joined by dots"):
    found = checks.on_student_side(tree, Module, a, b)
    inner = [f"{place}.{name}" for place in ("right", "middle.left") for name in ("slope", "bias", "mean", "other")]
    checks.equal(found["state order"], ["scale", *inner])
    checks.close(found["state"]["middle.left.mean"], b + 1)
    checks.close(found["state"]["right.other"], 3 * a)
    checks.close(found["state"]["right.bias"], a.sum())
    checks.true(not found["graph"], "a tensor of the state still requires a gradient")
with checks.check("modes, at any depth", hint="set it here, and in every module inside"):
    modes = checks.on_student_side(tree, Module, a, b)["modes"]
    checks.equal(modes, [True, False, False, False, True, True, True, False])
with checks.check("a new value of another kind", hint="take the name out of wherever it was before"):
    for change, (parameters, state, kept) in checks.on_student_side(replaced, Module, a).items():
        names = {"parameter": ["y", "x"], "module": ["y", "x.p"]}.get(change.split()[-1], ["y"])
        checks.equal(parameters, names, what=f"parameters, {change}")
        checks.equal(state, [*names, *["x"] * (change == "buffer to tensor")], what=f"state, {change}")
        checks.true(kept, f"{change}: x is not what was assigned, or the old tensor was changed")
with checks.check("hooks, one after the other", points=2, hint="each gets the output that the one before left"):
    x = rng.tensor(3)
    total = float(x.sum())
    both = ["plus one", "times three"]
    for kinds, right in ((both, 6 * x + 3), (both[::-1], 6 * x + 1), (["look"], 2 * x), (["nothing"], 0 * x)):
        got, other, seen = checks.on_student_side(hooked, Module, x, kinds)
        checks.close(got, right, rtol=1e-4, atol=1e-5, what=str(kinds))
        checks.close(other, 2 * x, what="another module of the same class")
    seen = checks.on_student_side(hooked, Module, x, ["plus one", "look"])[2]
    checks.close([list(map(float, one)) for one in seen], [[1.0, 1.0, total, 2 * total + 3]], rtol=1e-4, atol=1e-4)
### END HIDDEN TESTS

# %% [markdown]
# A hook listens without touching anything: this one returns what `print` returns, `None`. **Predict** the two lines.

# %%
halve = Module()
halve.forward = lambda x: x / 2  # an ordinary attribute
halve.add_hook(lambda module, args, output: print(f"went in: {args[0]}, came out: {output}"))
print("the caller gets", halve(3.0))

# %% [markdown]
# **Now you can** build layers and containers, and say how a network knows what to train, to save and to leave.
#
# *Further reading:* *Dive into Deep Learning*, chapter 6 (builders' guide); the documentation of `torch.nn.Module`.
