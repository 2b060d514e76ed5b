# Answers to the exercises of 3_layers.py, right and wrong: what `course audit` grades. No student sees them.

# %% [markdown] explains="parts"
# PyTorch keeps a row for each unit, so that a unit's weights lie side by side in memory; hence the transpose on the
# way. `add_module` does what assigning an attribute does, for a name that is only known while running. The dictionary
# keeps the order in which names came in, and that is the order of the calls.

# %% right="parts: the transpose by T"
class Linear(nn.Module):
    """x times the transposed weight, plus the bias; x is (batch, in_features)."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        limit = 1 / math.sqrt(in_features)
        rows = torch.empty(out_features, in_features)
        self.weight = nn.Parameter(rows.uniform_(-limit, limit))
        self.bias = nn.Parameter(torch.empty(out_features).uniform_(-limit, limit))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        columns = self.weight.T
        return x @ columns + self.bias


class Sequential(nn.Module):
    """Calls its layers one after the other."""

    def __init__(self, *layers: nn.Module):
        super().__init__()
        for number, layer in enumerate(layers):
            self.add_module(str(number), layer)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.children():
            x = layer(x)
        return x


# %% right="parts: einsum"
class Linear(nn.Module):
    """x times the transposed weight, plus the bias; x is (batch, in_features)."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        limit = in_features**-0.5
        rows = torch.empty(out_features, in_features)
        self.weight = nn.Parameter(rows.uniform_(-limit, limit))
        self.bias = nn.Parameter(torch.empty(out_features).uniform_(-limit, limit))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.einsum("bi,oi->bo", x, self.weight) + self.bias


class Sequential(nn.Module):
    """Calls its layers one after the other."""

    def __init__(self, *layers: nn.Module):
        super().__init__()
        for number, layer in enumerate(layers):
            self.register_module(f"{number}", layer)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self._modules.values():
            x = layer(x)
        return x


# %% wrong="parts: weight the other way round"
class Linear(nn.Module):
    """x times the transposed weight, plus the bias; x is (batch, in_features)."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        limit = in_features**-0.5
        rows = torch.empty(in_features, out_features)
        self.weight = nn.Parameter(rows.uniform_(-limit, limit))
        self.bias = nn.Parameter(torch.empty(out_features).uniform_(-limit, limit))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        columns = self.weight
        return x @ columns + self.bias


class Sequential(nn.Module):
    """Calls its layers one after the other."""

    def __init__(self, *layers: nn.Module):
        super().__init__()
        for number, layer in enumerate(layers):
            self.add_module(str(number), layer)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self._modules.values():
            x = layer(x)
        return x


# %% wrong="parts: no bias"
class Linear(nn.Module):
    """x times the transposed weight, plus the bias; x is (batch, in_features)."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        limit = in_features**-0.5
        rows = torch.empty(out_features, in_features)
        self.weight = nn.Parameter(rows.uniform_(-limit, limit))
        self.bias = nn.Parameter(torch.empty(out_features).uniform_(-limit, limit))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        columns = rearrange(self.weight, "row col -> col row")
        return torch.matmul(x, columns)


class Sequential(nn.Module):
    """Calls its layers one after the other."""

    def __init__(self, *layers: nn.Module):
        super().__init__()
        for number, layer in enumerate(layers):
            self.add_module(str(number), layer)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self._modules.values():
            x = layer(x)
        return x


# %% wrong="parts: a plain tensor"
class Linear(nn.Module):
    """x times the transposed weight, plus the bias; x is (batch, in_features)."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        limit = in_features**-0.5
        rows = torch.empty(out_features, in_features)
        self.weight = rows.uniform_(-limit, limit)
        self.bias = nn.Parameter(torch.empty(out_features).uniform_(-limit, limit))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        columns = rearrange(self.weight, "row col -> col row")
        return x @ columns + self.bias


class Sequential(nn.Module):
    """Calls its layers one after the other."""

    def __init__(self, *layers: nn.Module):
        super().__init__()
        for number, layer in enumerate(layers):
            self.add_module(str(number), layer)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self._modules.values():
            x = layer(x)
        return x


# %% wrong="parts: one over in"
class Linear(nn.Module):
    """x times the transposed weight, plus the bias; x is (batch, in_features)."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        limit = 1 / in_features
        rows = torch.empty(out_features, in_features)
        self.weight = nn.Parameter(rows.uniform_(-limit, limit))
        self.bias = nn.Parameter(torch.empty(out_features).uniform_(-limit, limit))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        columns = rearrange(self.weight, "row col -> col row")
        return x @ columns + self.bias


class Sequential(nn.Module):
    """Calls its layers one after the other."""

    def __init__(self, *layers: nn.Module):
        super().__init__()
        for number, layer in enumerate(layers):
            self.add_module(str(number), layer)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self._modules.values():
            x = layer(x)
        return x


# %% wrong="parts: out for in"
class Linear(nn.Module):
    """x times the transposed weight, plus the bias; x is (batch, in_features)."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        limit = out_features**-0.5
        rows = torch.empty(out_features, in_features)
        self.weight = nn.Parameter(rows.uniform_(-limit, limit))
        self.bias = nn.Parameter(torch.empty(out_features).uniform_(-limit, limit))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        columns = rearrange(self.weight, "row col -> col row")
        return x @ columns + self.bias


class Sequential(nn.Module):
    """Calls its layers one after the other."""

    def __init__(self, *layers: nn.Module):
        super().__init__()
        for number, layer in enumerate(layers):
            self.add_module(str(number), layer)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self._modules.values():
            x = layer(x)
        return x


# %% wrong="parts: all layers get the input"
class Linear(nn.Module):
    """x times the transposed weight, plus the bias; x is (batch, in_features)."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        limit = in_features**-0.5
        rows = torch.empty(out_features, in_features)
        self.weight = nn.Parameter(rows.uniform_(-limit, limit))
        self.bias = nn.Parameter(torch.empty(out_features).uniform_(-limit, limit))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        columns = rearrange(self.weight, "row col -> col row")
        return x @ columns + self.bias


class Sequential(nn.Module):
    """Calls its layers one after the other."""

    def __init__(self, *layers: nn.Module):
        super().__init__()
        for number, layer in enumerate(layers):
            self.add_module(str(number), layer)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self._modules.values():
            out = layer(x)
        return out


# %% equivalent="parts: it draws where it is made, not where it is called"
# spoiler: Linear seeds inside

# %% [markdown] explains="shelf"
# What comes out of one layer is what the next takes: 784, width, width, 10. No bend after the last layer: scores may be
# negative, and softmax comes with the loss. ReLU of whole numbers stays whole; GELU needs floats.


# %% right="shelf: functions of torch"
def bent_range() -> tuple[torch.Tensor, torch.Tensor]:
    """ReLU and GELU of the numbers −2, −1, 0, 1, 2."""
    from torch.nn import GELU, ReLU

    x = torch.tensor([-2, -1, 0, 1, 2])
    return ReLU()(x), GELU()(x.float())


class Dense(nn.Module):
    """A linear layer with a sigmoid."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.sigmoid(self.linear(x))


class DigitNet(nn.Module):
    """Flattens pictures and reads them with two hidden layers."""

    def __init__(self, width: int):
        super().__init__()
        self.flatten = nn.Flatten(1)
        self.stack = nn.Sequential(
            nn.Linear(28 * 28, width),
            nn.ReLU(),
            nn.Linear(width, width),
            nn.ReLU(),
            nn.Linear(width, 10),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.stack(self.flatten(x))


def named_net() -> nn.Module:
    """Pictures to ten scores by 16 hidden ReLUs; the layers are called flat, hidden, bend and out."""
    layers = OrderedDict()
    layers["flat"] = nn.Flatten()
    layers["hidden"] = nn.Linear(784, 16)
    layers["bend"] = nn.ReLU()
    layers["out"] = nn.Linear(16, 10)
    return nn.Sequential(layers)


# %% right="shelf: names as pairs"
def bent_range() -> tuple[torch.Tensor, torch.Tensor]:
    """ReLU and GELU of the numbers −2, −1, 0, 1, 2."""
    from torch.nn import GELU, ReLU

    x = torch.arange(-2, 3)
    return ReLU()(x), GELU()(x.float())


class Dense(nn.Module):
    """A linear layer with a sigmoid."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.linear(x))


class DigitNet(nn.Module):
    """Flattens pictures and reads them with two hidden layers."""

    def __init__(self, width: int):
        super().__init__()
        self.flatten = nn.Flatten()
        self.stack = nn.Sequential(
            nn.Linear(28 * 28, width),
            nn.ReLU(),
            nn.Linear(width, width),
            nn.ReLU(),
            nn.Linear(width, 10),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.stack(self.flatten(x))


def named_net() -> nn.Module:
    """Pictures to ten scores by 16 hidden ReLUs; the layers are called flat, hidden, bend and out."""
    net = nn.Sequential()
    net.add_module("flat", nn.Flatten())
    net.add_module("hidden", nn.Linear(784, 16))
    net.add_module("bend", nn.ReLU())
    net.add_module("out", nn.Linear(16, 10))
    return net


# %% wrong="shelf: flattens the batch too"
def bent_range() -> tuple[torch.Tensor, torch.Tensor]:
    """ReLU and GELU of the numbers −2, −1, 0, 1, 2."""
    from torch.nn import GELU, ReLU

    x = torch.arange(-2, 3)
    return ReLU()(x), GELU()(x.float())


class Dense(nn.Module):
    """A linear layer with a sigmoid."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.linear(x))


class DigitNet(nn.Module):
    """Flattens pictures and reads them with two hidden layers."""

    def __init__(self, width: int):
        super().__init__()
        self.flatten = nn.Flatten(0)
        self.stack = nn.Sequential(
            nn.Linear(28 * 28, width),
            nn.ReLU(),
            nn.Linear(width, width),
            nn.ReLU(),
            nn.Linear(width, 10),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.stack(self.flatten(x))


def named_net() -> nn.Module:
    """Pictures to ten scores by 16 hidden ReLUs; the layers are called flat, hidden, bend and out."""
    layers = OrderedDict()
    layers["flat"] = nn.Flatten()
    layers["hidden"] = nn.Linear(784, 16)
    layers["bend"] = nn.ReLU()
    layers["out"] = nn.Linear(16, 10)
    return nn.Sequential(layers)


# %% wrong="shelf: one hidden layer"
def bent_range() -> tuple[torch.Tensor, torch.Tensor]:
    """ReLU and GELU of the numbers −2, −1, 0, 1, 2."""
    from torch.nn import GELU, ReLU

    x = torch.arange(-2, 3)
    return ReLU()(x), GELU()(x.float())


class Dense(nn.Module):
    """A linear layer with a sigmoid."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.linear(x))


class DigitNet(nn.Module):
    """Flattens pictures and reads them with two hidden layers."""

    def __init__(self, width: int):
        super().__init__()
        self.flatten = nn.Flatten()
        self.stack = nn.Sequential(
            nn.Linear(28 * 28, width),
            nn.ReLU(),
            nn.Linear(width, 10),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.stack(self.flatten(x))


def named_net() -> nn.Module:
    """Pictures to ten scores by 16 hidden ReLUs; the layers are called flat, hidden, bend and out."""
    layers = OrderedDict()
    layers["flat"] = nn.Flatten()
    layers["hidden"] = nn.Linear(784, 16)
    layers["bend"] = nn.ReLU()
    layers["out"] = nn.Linear(16, 10)
    return nn.Sequential(layers)


# %% wrong="shelf: a ReLU after the last layer"
def bent_range() -> tuple[torch.Tensor, torch.Tensor]:
    """ReLU and GELU of the numbers −2, −1, 0, 1, 2."""
    from torch.nn import GELU, ReLU

    x = torch.arange(-2, 3)
    return ReLU()(x), GELU()(x.float())


class Dense(nn.Module):
    """A linear layer with a sigmoid."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.linear(x))


class DigitNet(nn.Module):
    """Flattens pictures and reads them with two hidden layers."""

    def __init__(self, width: int):
        super().__init__()
        self.flatten = nn.Flatten()
        self.stack = nn.Sequential(
            nn.Linear(28 * 28, width),
            nn.ReLU(),
            nn.Linear(width, width),
            nn.ReLU(),
            nn.Linear(width, 10),
            nn.ReLU(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.stack(self.flatten(x))


def named_net() -> nn.Module:
    """Pictures to ten scores by 16 hidden ReLUs; the layers are called flat, hidden, bend and out."""
    layers = OrderedDict()
    layers["flat"] = nn.Flatten()
    layers["hidden"] = nn.Linear(784, 16)
    layers["bend"] = nn.ReLU()
    layers["out"] = nn.Linear(16, 10)
    return nn.Sequential(layers)


# %% wrong="shelf: no sigmoid"
def bent_range() -> tuple[torch.Tensor, torch.Tensor]:
    """ReLU and GELU of the numbers −2, −1, 0, 1, 2."""
    from torch.nn import GELU, ReLU

    x = torch.arange(-2, 3)
    return ReLU()(x), GELU()(x.float())


class Dense(nn.Module):
    """A linear layer with a sigmoid."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.linear(x)


class DigitNet(nn.Module):
    """Flattens pictures and reads them with two hidden layers."""

    def __init__(self, width: int):
        super().__init__()
        self.flatten = nn.Flatten()
        self.stack = nn.Sequential(
            nn.Linear(28 * 28, width),
            nn.ReLU(),
            nn.Linear(width, width),
            nn.ReLU(),
            nn.Linear(width, 10),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.stack(self.flatten(x))


def named_net() -> nn.Module:
    """Pictures to ten scores by 16 hidden ReLUs; the layers are called flat, hidden, bend and out."""
    layers = OrderedDict()
    layers["flat"] = nn.Flatten()
    layers["hidden"] = nn.Linear(784, 16)
    layers["bend"] = nn.ReLU()
    layers["out"] = nn.Linear(16, 10)
    return nn.Sequential(layers)


# %% wrong="shelf: up to 2 without 2"
def bent_range() -> tuple[torch.Tensor, torch.Tensor]:
    """ReLU and GELU of the numbers −2, −1, 0, 1, 2."""
    from torch.nn import GELU, ReLU

    x = torch.arange(-2, 2)
    return ReLU()(x), GELU()(x.float())


class Dense(nn.Module):
    """A linear layer with a sigmoid."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.linear(x))


class DigitNet(nn.Module):
    """Flattens pictures and reads them with two hidden layers."""

    def __init__(self, width: int):
        super().__init__()
        self.flatten = nn.Flatten()
        self.stack = nn.Sequential(
            nn.Linear(28 * 28, width),
            nn.ReLU(),
            nn.Linear(width, width),
            nn.ReLU(),
            nn.Linear(width, 10),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.stack(self.flatten(x))


def named_net() -> nn.Module:
    """Pictures to ten scores by 16 hidden ReLUs; the layers are called flat, hidden, bend and out."""
    layers = OrderedDict()
    layers["flat"] = nn.Flatten()
    layers["hidden"] = nn.Linear(784, 16)
    layers["bend"] = nn.ReLU()
    layers["out"] = nn.Linear(16, 10)
    return nn.Sequential(layers)


# %% wrong="shelf: other names"
def bent_range() -> tuple[torch.Tensor, torch.Tensor]:
    """ReLU and GELU of the numbers −2, −1, 0, 1, 2."""
    from torch.nn import GELU, ReLU

    x = torch.arange(-2, 3)
    return ReLU()(x), GELU()(x.float())


class Dense(nn.Module):
    """A linear layer with a sigmoid."""

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.linear(x))


class DigitNet(nn.Module):
    """Flattens pictures and reads them with two hidden layers."""

    def __init__(self, width: int):
        super().__init__()
        self.flatten = nn.Flatten()
        self.stack = nn.Sequential(
            nn.Linear(28 * 28, width),
            nn.ReLU(),
            nn.Linear(width, width),
            nn.ReLU(),
            nn.Linear(width, 10),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.stack(self.flatten(x))


def named_net() -> nn.Module:
    """Pictures to ten scores by 16 hidden ReLUs; the layers are called flat, hidden, bend and out."""
    layers = OrderedDict()
    layers["flat"] = nn.Flatten()
    layers["hidden"] = nn.Linear(784, 16)
    layers["relu"] = nn.ReLU()
    layers["out"] = nn.Linear(16, 10)
    return nn.Sequential(layers)


# %% equivalent="shelf: it has no inputs"
# spoiler: bent_range changes its inputs

# %% [markdown] explains="Module"
# Everything follows from one decision: a name lives in exactly one of four dictionaries. Assignment chooses the
# dictionary by the kind of the value and removes the name from the others. The rest is recursion: names get a prefix on
# the way down, modes are passed on. Hooks are called by `__call__`, which is why one calls a module and never its
# `forward`.


# %% right="Module: object's own setattr"
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

    def __setattr__(self, name, value):
        known = {nn.Parameter: self._parameters, Module: self._modules}
        place = next((table for kind, table in known.items() if isinstance(value, kind)), None)
        if place is None and torch.is_tensor(value) and name in self._buffers:
            place = self._buffers
        for table in (self._parameters, self._buffers, self._modules):
            if table is not place:
                table.pop(name, None)
        if place is None:
            self._plain[name] = value
        else:
            self._plain.pop(name, None)
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


# %% right="Module: lists instead of generators"
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
        found = []
        for name, parameter in self._parameters.items():
            found.append((prefix + name, parameter))
        for name, module in self._modules.items():
            found.extend(module.named_parameters(prefix + name + "."))
        return found

    def parameters(self):
        return [one[1] for one in self.named_parameters()]

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


# %% wrong="Module: parameters of the first level only"
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


# %% wrong="Module: names without a prefix"
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
            yield from module.named_parameters()

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


# %% wrong="Module: every tensor is a parameter"
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

    def __setattr__(self, name, value):
        place = self._plain
        if isinstance(value, torch.Tensor) and name not in self._buffers:
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


# %% wrong="Module: no buffers in the state"
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
        own = {**self._parameters}
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


# %% wrong="Module: the state keeps its graph"
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
        state = {prefix + name: tensor for name, tensor in own.items()}
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


# %% wrong="Module: eval only here"
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


# %% wrong="Module: hooks replace by None"
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
            output = found
        return output


# %% wrong="Module: hooks for everybody"
class Module:
    """Knows its parameters, buffers and inner modules by name."""

    shared = []

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
        Module.shared.append(hook)

    def __call__(self, *args):
        output = self.forward(*args)
        for hook in Module.shared:
            found = hook(self, args, output)
            output = output if found is None else found
        return output


# %% equivalent="Module: taken out of all others in any order"
# - for other in (self._plain, self._parameters, self._buffers, self._modules):
# + for other in (self._parameters, self._plain, self._buffers, self._modules):


# %% equivalent="Module: what is taken out of its own place is put there next"
# - if other is not place:
# + if True:
