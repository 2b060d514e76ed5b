# Answers to the exercises of 2_bends.py, right and wrong: what `course audit` grades. No student sees them.

# %% [markdown] explains="bends"
# `x * (x > 0)` multiplies by 0 or 1 and so keeps x or drops it. Its slope is the very same table of 0 and 1, as
# numbers. For the others the derivative is written in terms of the value, $y$, which saves a second exponential. The
# layer uses `torch.maximum` with a tensor of a single 0, which broadcasts.

# %% right="bends: np.maximum and np.where"
class ReLU:
    """The larger of x and 0, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return np.maximum(x, 0)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return np.where(x > 0, 1, 0).astype(x.dtype)


class Sigmoid:
    """The logistic sigmoid, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-x))

    def slope(self, x: np.ndarray) -> np.ndarray:
        y = self(x)
        return y * (1 - y)


class Tanh:
    """The hyperbolic tangent, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return np.tanh(x)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return 1 - self(x) ** 2


class ReLULayer(nn.Module):
    """ReLU as a layer without parameters."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(x)


# %% right="bends: sigmoid by tanh"
class ReLU:
    """The larger of x and 0, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return x * (x > 0)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return (x > 0).astype(x.dtype)


class Sigmoid:
    """The logistic sigmoid, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return (1 + np.tanh(x / 2)) / 2

    def slope(self, x: np.ndarray) -> np.ndarray:
        y = self(x)
        return y * (1 - y)


class Tanh:
    """The hyperbolic tangent, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return np.tanh(x)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return 1 / np.cosh(x) ** 2


class ReLULayer(nn.Module):
    """ReLU as a layer without parameters."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.clamp(min=0)


# %% wrong="bends: slope of ReLU is the value"
class ReLU:
    """The larger of x and 0, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return x * (x > 0)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return (x * (x > 0)).astype(x.dtype)


class Sigmoid:
    """The logistic sigmoid, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-x))

    def slope(self, x: np.ndarray) -> np.ndarray:
        y = self(x)
        return y * (1 - y)


class Tanh:
    """The hyperbolic tangent, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return np.tanh(x)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return 1 - self(x) ** 2


class ReLULayer(nn.Module):
    """ReLU as a layer without parameters."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.maximum(x, torch.tensor(0.0))


# %% wrong="bends: no minus in the exponent"
class ReLU:
    """The larger of x and 0, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return x * (x > 0)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return (x > 0).astype(x.dtype)


class Sigmoid:
    """The logistic sigmoid, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(x))

    def slope(self, x: np.ndarray) -> np.ndarray:
        y = self(x)
        return y * (1 - y)


class Tanh:
    """The hyperbolic tangent, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return np.tanh(x)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return 1 - self(x) ** 2


class ReLULayer(nn.Module):
    """ReLU as a layer without parameters."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.maximum(x, torch.tensor(0.0))


# %% wrong="bends: sigmoid's slope without the value"
class ReLU:
    """The larger of x and 0, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return x * (x > 0)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return (x > 0).astype(x.dtype)


class Sigmoid:
    """The logistic sigmoid, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-x))

    def slope(self, x: np.ndarray) -> np.ndarray:
        y = self(x)
        return x * (1 - x)


class Tanh:
    """The hyperbolic tangent, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return np.tanh(x)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return 1 - self(x) ** 2


class ReLULayer(nn.Module):
    """ReLU as a layer without parameters."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.maximum(x, torch.tensor(0.0))


# %% wrong="bends: tanh's slope without the square"
class ReLU:
    """The larger of x and 0, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return x * (x > 0)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return (x > 0).astype(x.dtype)


class Sigmoid:
    """The logistic sigmoid, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-x))

    def slope(self, x: np.ndarray) -> np.ndarray:
        y = self(x)
        return y * (1 - y)


class Tanh:
    """The hyperbolic tangent, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return np.tanh(x)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return 1 - self(x)


class ReLULayer(nn.Module):
    """ReLU as a layer without parameters."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.maximum(x, torch.tensor(0.0))


# %% wrong="bends: the smaller of both"
class ReLU:
    """The larger of x and 0, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return x * (x > 0)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return (x > 0).astype(x.dtype)


class Sigmoid:
    """The logistic sigmoid, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-x))

    def slope(self, x: np.ndarray) -> np.ndarray:
        y = self(x)
        return y * (1 - y)


class Tanh:
    """The hyperbolic tangent, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return np.tanh(x)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return 1 - self(x) ** 2


class ReLULayer(nn.Module):
    """ReLU as a layer without parameters."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.minimum(x, torch.tensor(0.0))


# %% wrong="bends: slope 1 at zero"
class ReLU:
    """The larger of x and 0, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return x * (x > 0)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return (x >= 0).astype(x.dtype)


class Sigmoid:
    """The logistic sigmoid, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-x))

    def slope(self, x: np.ndarray) -> np.ndarray:
        y = self(x)
        return y * (1 - y)


class Tanh:
    """The hyperbolic tangent, and its slope."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return np.tanh(x)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return 1 - self(x) ** 2


class ReLULayer(nn.Module):
    """ReLU as a layer without parameters."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.maximum(x, torch.tensor(0.0))


# %% equivalent="bends: the larger of two numbers does not depend on their order"
# - return torch.maximum(x, torch.tensor(0.0))
# + return torch.maximum(torch.tensor(0.0), x)


# %% equivalent="bends: at zero both sides are zero"
# - return x * (x > 0)
# + return x * (x >= 0)


# %% [markdown] explains="smooth"
# `torch.where` chooses entry by entry, so alpha may be anything; `max(x, αx)` would be right for α ≤ 1 only. PReLU's
# weight gets the shape (channels, 1, …), which lines it up with axis 1. Both smooth slopes are a product rule: the
# factor's own share, plus x times the slope of that factor.


# %% right="smooth: two clamps"
def leaky_relu(x, alpha):
    return x.clamp(min=0) + alpha * x.clamp(max=0)


class PReLU(nn.Module):
    """Leaky ReLU with a learnt alpha for each channel."""

    def __init__(self, channels: int, start: float = 0.25):
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels,), start))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        alpha = self.weight.reshape(-1, *[1] * (x.ndim - 2))
        return torch.where(x > 0, x, alpha * x)


def gelu(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of GELU at x, and its slopes."""
    below = (1 + torch.erf(x / math.sqrt(2))) / 2
    density = torch.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    return x * below, below + x * density


def swish(x: torch.Tensor, beta: float = 1.0) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of swish at x, and its slopes."""
    share = torch.sigmoid(beta * x)
    return x * share, share + beta * x * share * (1 - share)


# %% right="smooth: swish through y"
def leaky_relu(x: torch.Tensor, alpha: float) -> torch.Tensor:
    """x above zero, alpha x below; alpha is any number."""
    return torch.where(x > 0, x, alpha * x)


class PReLU(nn.Module):
    """Leaky ReLU with a learnt alpha for each channel."""

    def __init__(self, channels: int, start: float = 0.25):
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels,), start))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        alpha = self.weight.reshape(-1, *[1] * (x.ndim - 2))
        return torch.where(x > 0, x, alpha * x)


def gelu(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of GELU at x, and its slopes."""
    below = (1 + torch.erf(x / math.sqrt(2))) / 2
    density = torch.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    return x * below, below + x * density


def swish(x: torch.Tensor, beta: float = 1.0) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of swish at x, and its slopes."""
    s = 1 / (1 + torch.exp(-beta * x))
    y = x * s
    return y, beta * y + s * (1 - beta * y)


# %% wrong="smooth: the larger of x and alpha x"
def leaky_relu(x: torch.Tensor, alpha: float) -> torch.Tensor:
    """x above zero, alpha x below; alpha is any number."""
    return torch.maximum(x, alpha * x)


class PReLU(nn.Module):
    """Leaky ReLU with a learnt alpha for each channel."""

    def __init__(self, channels: int, start: float = 0.25):
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels,), start))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        alpha = self.weight.reshape(-1, *[1] * (x.ndim - 2))
        return torch.where(x > 0, x, alpha * x)


def gelu(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of GELU at x, and its slopes."""
    below = (1 + torch.erf(x / math.sqrt(2))) / 2
    density = torch.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    return x * below, below + x * density


def swish(x: torch.Tensor, beta: float = 1.0) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of swish at x, and its slopes."""
    share = torch.sigmoid(beta * x)
    return x * share, share + beta * x * share * (1 - share)


# %% wrong="smooth: alpha along the last axis"
def leaky_relu(x: torch.Tensor, alpha: float) -> torch.Tensor:
    """x above zero, alpha x below; alpha is any number."""
    return torch.where(x > 0, x, alpha * x)


class PReLU(nn.Module):
    """Leaky ReLU with a learnt alpha for each channel."""

    def __init__(self, channels: int, start: float = 0.25):
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels,), start))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        alpha = self.weight if x.shape[-1] == len(self.weight) else self.weight.reshape(-1, *[1] * (x.ndim - 2))
        return torch.where(x > 0, x, alpha * x)


def gelu(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of GELU at x, and its slopes."""
    below = (1 + torch.erf(x / math.sqrt(2))) / 2
    density = torch.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    return x * below, below + x * density


def swish(x: torch.Tensor, beta: float = 1.0) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of swish at x, and its slopes."""
    share = torch.sigmoid(beta * x)
    return x * share, share + beta * x * share * (1 - share)


# %% wrong="smooth: one alpha for all"
def leaky_relu(x: torch.Tensor, alpha: float) -> torch.Tensor:
    """x above zero, alpha x below; alpha is any number."""
    return torch.where(x > 0, x, alpha * x)


class PReLU(nn.Module):
    """Leaky ReLU with a learnt alpha for each channel."""

    def __init__(self, channels: int, start: float = 0.25):
        super().__init__()
        self.weight = nn.Parameter(torch.full((1,), start))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        alpha = self.weight.reshape(-1, *[1] * (x.ndim - 2))
        return torch.where(x > 0, x, alpha * x)


def gelu(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of GELU at x, and its slopes."""
    below = (1 + torch.erf(x / math.sqrt(2))) / 2
    density = torch.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    return x * below, below + x * density


def swish(x: torch.Tensor, beta: float = 1.0) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of swish at x, and its slopes."""
    share = torch.sigmoid(beta * x)
    return x * share, share + beta * x * share * (1 - share)


# %% wrong="smooth: a plain tensor, not a parameter"
def leaky_relu(x: torch.Tensor, alpha: float) -> torch.Tensor:
    """x above zero, alpha x below; alpha is any number."""
    return torch.where(x > 0, x, alpha * x)


class PReLU(nn.Module):
    """Leaky ReLU with a learnt alpha for each channel."""

    def __init__(self, channels: int, start: float = 0.25):
        super().__init__()
        self.weight = torch.full((channels,), start, requires_grad=True)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        alpha = self.weight.reshape(-1, *[1] * (x.ndim - 2))
        return torch.where(x > 0, x, alpha * x)


def gelu(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of GELU at x, and its slopes."""
    below = (1 + torch.erf(x / math.sqrt(2))) / 2
    density = torch.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    return x * below, below + x * density


def swish(x: torch.Tensor, beta: float = 1.0) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of swish at x, and its slopes."""
    share = torch.sigmoid(beta * x)
    return x * share, share + beta * x * share * (1 - share)


# %% wrong="smooth: GELU's slope without the product rule"
def leaky_relu(x: torch.Tensor, alpha: float) -> torch.Tensor:
    """x above zero, alpha x below; alpha is any number."""
    return torch.where(x > 0, x, alpha * x)


class PReLU(nn.Module):
    """Leaky ReLU with a learnt alpha for each channel."""

    def __init__(self, channels: int, start: float = 0.25):
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels,), start))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        alpha = self.weight.reshape(-1, *[1] * (x.ndim - 2))
        return torch.where(x > 0, x, alpha * x)


def gelu(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of GELU at x, and its slopes."""
    below = (1 + torch.erf(x / math.sqrt(2))) / 2
    density = torch.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    return x * below, below


def swish(x: torch.Tensor, beta: float = 1.0) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of swish at x, and its slopes."""
    share = torch.sigmoid(beta * x)
    return x * share, share + beta * x * share * (1 - share)


# %% wrong="smooth: swish's slope without beta"
def leaky_relu(x: torch.Tensor, alpha: float) -> torch.Tensor:
    """x above zero, alpha x below; alpha is any number."""
    return torch.where(x > 0, x, alpha * x)


class PReLU(nn.Module):
    """Leaky ReLU with a learnt alpha for each channel."""

    def __init__(self, channels: int, start: float = 0.25):
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels,), start))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        alpha = self.weight.reshape(-1, *[1] * (x.ndim - 2))
        return torch.where(x > 0, x, alpha * x)


def gelu(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of GELU at x, and its slopes."""
    below = (1 + torch.erf(x / math.sqrt(2))) / 2
    density = torch.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    return x * below, below + x * density


def swish(x: torch.Tensor, beta: float = 1.0) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of swish at x, and its slopes."""
    share = torch.sigmoid(beta * x)
    return x * share, share + x * share * (1 - share)


# %% wrong="smooth: the approximation by tanh"
def leaky_relu(x: torch.Tensor, alpha: float) -> torch.Tensor:
    """x above zero, alpha x below; alpha is any number."""
    return torch.where(x > 0, x, alpha * x)


class PReLU(nn.Module):
    """Leaky ReLU with a learnt alpha for each channel."""

    def __init__(self, channels: int, start: float = 0.25):
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels,), start))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        alpha = self.weight.reshape(-1, *[1] * (x.ndim - 2))
        return torch.where(x > 0, x, alpha * x)


def gelu(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of GELU at x, and its slopes."""
    below = (1 + torch.tanh(math.sqrt(2 / math.pi) * x)) / 2
    density = torch.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    return x * below, below + x * density


def swish(x: torch.Tensor, beta: float = 1.0) -> tuple[torch.Tensor, torch.Tensor]:
    """The values of swish at x, and its slopes."""
    share = torch.sigmoid(beta * x)
    return x * share, share + beta * x * share * (1 - share)


# %% equivalent="smooth: at zero both sides are zero"
# - return torch.where(x > 0, x, alpha * x)
# + return torch.where(x >= 0, x, alpha * x)


# %% [markdown] explains="broken_line"
# Unit $j$ wakes at knot $j$, where $x - \text{knot}_j$ becomes positive, and from there on adds its weight to the
# slope. So its weight is the *change* of slope at that knot; the first one brings the first slope, and the first value
# is the bias. One unit fewer than knots.


# %% right="broken_line: a loop"
def broken_line(knots, values):
    w2, before = [], torch.zeros_like(values[0])
    for j in range(len(knots) - 1):
        slope = (values[j + 1] - values[j]) / (knots[j + 1] - knots[j])
        w2.append(slope - before)
        before = slope
    return torch.ones_like(knots[:-1]), -knots[:-1], torch.stack(w2), values[0] * 1


# %% right="broken_line: from the right end"
def broken_line(knots, values):
    slopes = (values[1:] - values[:-1]) / (knots[1:] - knots[:-1])
    padded = torch.cat([slopes, torch.zeros_like(slopes[:1])])
    changes = -(padded[:-1] - padded[1:])
    return -torch.ones_like(slopes), knots[1:].clone(), changes, values[-1].clone()


# %% wrong="broken_line: slopes, not changes"
def broken_line(knots: torch.Tensor, values: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The weights w1, b1, w2, b2 of a net of ReLUs that passes through all the points."""
    slopes = values.diff() / knots.diff()
    changes = slopes
    return torch.ones_like(changes), -knots[:-1], changes, values[0].clone()


# %% wrong="broken_line: corners one knot too far"
def broken_line(knots: torch.Tensor, values: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The weights w1, b1, w2, b2 of a net of ReLUs that passes through all the points."""
    slopes = values.diff() / knots.diff()
    changes = torch.cat([slopes[:1], slopes.diff()])
    return torch.ones_like(changes), -knots[1:], changes, values[0].clone()


# %% wrong="broken_line: plus the knots"
def broken_line(knots: torch.Tensor, values: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The weights w1, b1, w2, b2 of a net of ReLUs that passes through all the points."""
    slopes = values.diff() / knots.diff()
    changes = torch.cat([slopes[:1], slopes.diff()])
    return torch.ones_like(changes), knots[:-1], changes, values[0].clone()


# %% wrong="broken_line: no first value"
def broken_line(knots: torch.Tensor, values: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The weights w1, b1, w2, b2 of a net of ReLUs that passes through all the points."""
    slopes = values.diff() / knots.diff()
    changes = torch.cat([slopes[:1], slopes.diff()])
    return torch.ones_like(changes), -knots[:-1], changes, torch.zeros_like(values[0])


# %% wrong="broken_line: steps of one"
def broken_line(knots: torch.Tensor, values: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The weights w1, b1, w2, b2 of a net of ReLUs that passes through all the points."""
    slopes = values.diff()
    changes = torch.cat([slopes[:1], slopes.diff()])
    return torch.ones_like(changes), -knots[:-1], changes, values[0].clone()


# %% wrong="broken_line: two units a knot"
def broken_line(knots: torch.Tensor, values: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The weights w1, b1, w2, b2 of a net of ReLUs that passes through all the points."""
    slopes = values.diff() / knots.diff()
    changes = torch.cat([slopes[:1], slopes.diff()])
    return (
        torch.ones(2 * len(changes), dtype=knots.dtype),
        -knots[:-1].repeat(2),
        changes.repeat(2) / 2,
        values[0].clone(),
    )


# %% equivalent="broken_line: nobody changes what comes back"
# - return (torch.ones_like(changes), -knots[:-1], changes, values[0].clone())
# + return (torch.ones_like(changes), -knots[:-1], changes, values[0])


# %% [markdown] explains="starts"
# `apply` walks through all modules inside, in any container, and calls the function on each. Which fan matters follows
# from the sum that a unit adds up: fan in for signals, fan out for slopes. The function of `nn.init` counts a
# convolution's kernel for you.


# %% right="starts: variance first"
def xavier(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Xavier's uniform weights, of shape (fan_in, fan_out)."""
    limit = np.sqrt(3 * 2 / (fan_in + fan_out))
    return generator.uniform(-limit, limit, (fan_in, fan_out))


def kaiming(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Kaiming's normal weights, of shape (fan_in, fan_out)."""
    return generator.normal(0, (2 / fan_in) ** 0.5, (fan_in, fan_out))


def start_conv(conv: nn.Conv2d) -> None:
    """Xavier's uniform start for the weight of a convolution, in place; its bias is zero."""
    nn.init.xavier_uniform_(conv.weight)
    nn.init.zeros_(conv.bias)


def start_all(net: nn.Module) -> None:
    """Kaiming's normal start for every linear layer and convolution in the net, in place, with biases of zero."""

    def start(layer: nn.Module) -> None:
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)

    net.apply(start)


# %% right="starts: a loop over all modules"
def xavier(fan_in, fan_out, generator):
    limit = (6 / (fan_in + fan_out)) ** 0.5
    return (2 * generator.random((fan_in, fan_out)) - 1) * limit


def kaiming(fan_in, fan_out, generator):
    return generator.standard_normal((fan_in, fan_out)) * np.sqrt(2 / fan_in)


def start_conv(conv):
    torch.nn.init.xavier_uniform_(conv.weight)
    torch.nn.init.zeros_(conv.bias)


def start_all(net):
    for layer in net.modules():
        if isinstance(layer, nn.Linear) or isinstance(layer, nn.Conv2d):
            nn.init.kaiming_normal_(layer.weight)
            layer.bias.data.zero_()


# %% wrong="starts: fan_in only"
def xavier(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Xavier's uniform weights, of shape (fan_in, fan_out)."""
    limit = np.sqrt(6 / (2 * fan_in))
    return generator.uniform(-limit, limit, (fan_in, fan_out))


def kaiming(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Kaiming's normal weights, of shape (fan_in, fan_out)."""
    return generator.normal(0, np.sqrt(2 / fan_in), (fan_in, fan_out))


def start_conv(conv: nn.Conv2d) -> None:
    """Xavier's uniform start for the weight of a convolution, in place; its bias is zero."""
    nn.init.xavier_uniform_(conv.weight)
    nn.init.zeros_(conv.bias)


def start_all(net: nn.Module) -> None:
    """Kaiming's normal start for every linear layer and convolution in the net, in place, with biases of zero."""

    def start(layer: nn.Module) -> None:
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)

    net.apply(start)


# %% wrong="starts: three, not six"
def xavier(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Xavier's uniform weights, of shape (fan_in, fan_out)."""
    limit = np.sqrt(3 / (fan_in + fan_out))
    return generator.uniform(-limit, limit, (fan_in, fan_out))


def kaiming(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Kaiming's normal weights, of shape (fan_in, fan_out)."""
    return generator.normal(0, np.sqrt(2 / fan_in), (fan_in, fan_out))


def start_conv(conv: nn.Conv2d) -> None:
    """Xavier's uniform start for the weight of a convolution, in place; its bias is zero."""
    nn.init.xavier_uniform_(conv.weight)
    nn.init.zeros_(conv.bias)


def start_all(net: nn.Module) -> None:
    """Kaiming's normal start for every linear layer and convolution in the net, in place, with biases of zero."""

    def start(layer: nn.Module) -> None:
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)

    net.apply(start)


# %% wrong="starts: the variance as standard deviation"
def xavier(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Xavier's uniform weights, of shape (fan_in, fan_out)."""
    limit = np.sqrt(6 / (fan_in + fan_out))
    return generator.uniform(-limit, limit, (fan_in, fan_out))


def kaiming(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Kaiming's normal weights, of shape (fan_in, fan_out)."""
    return generator.normal(0, 2 / fan_in, (fan_in, fan_out))


def start_conv(conv: nn.Conv2d) -> None:
    """Xavier's uniform start for the weight of a convolution, in place; its bias is zero."""
    nn.init.xavier_uniform_(conv.weight)
    nn.init.zeros_(conv.bias)


def start_all(net: nn.Module) -> None:
    """Kaiming's normal start for every linear layer and convolution in the net, in place, with biases of zero."""

    def start(layer: nn.Module) -> None:
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)

    net.apply(start)


# %% wrong="starts: xavier normal for the convolution"
def xavier(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Xavier's uniform weights, of shape (fan_in, fan_out)."""
    limit = np.sqrt(6 / (fan_in + fan_out))
    return generator.uniform(-limit, limit, (fan_in, fan_out))


def kaiming(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Kaiming's normal weights, of shape (fan_in, fan_out)."""
    return generator.normal(0, np.sqrt(2 / fan_in), (fan_in, fan_out))


def start_conv(conv: nn.Conv2d) -> None:
    """Xavier's uniform start for the weight of a convolution, in place; its bias is zero."""
    nn.init.xavier_normal_(conv.weight)
    nn.init.zeros_(conv.bias)


def start_all(net: nn.Module) -> None:
    """Kaiming's normal start for every linear layer and convolution in the net, in place, with biases of zero."""

    def start(layer: nn.Module) -> None:
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)

    net.apply(start)


# %% wrong="starts: the top level only"
def xavier(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Xavier's uniform weights, of shape (fan_in, fan_out)."""
    limit = np.sqrt(6 / (fan_in + fan_out))
    return generator.uniform(-limit, limit, (fan_in, fan_out))


def kaiming(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Kaiming's normal weights, of shape (fan_in, fan_out)."""
    return generator.normal(0, np.sqrt(2 / fan_in), (fan_in, fan_out))


def start_conv(conv: nn.Conv2d) -> None:
    """Xavier's uniform start for the weight of a convolution, in place; its bias is zero."""
    nn.init.xavier_uniform_(conv.weight)
    nn.init.zeros_(conv.bias)


def start_all(net: nn.Module) -> None:
    """Kaiming's normal start for every linear layer and convolution in the net, in place, with biases of zero."""

    def start(layer: nn.Module) -> None:
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)

    for layer in net.children():
        start(layer)


# %% wrong="starts: no convolutions"
def xavier(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Xavier's uniform weights, of shape (fan_in, fan_out)."""
    limit = np.sqrt(6 / (fan_in + fan_out))
    return generator.uniform(-limit, limit, (fan_in, fan_out))


def kaiming(fan_in: int, fan_out: int, generator) -> np.ndarray:
    """Kaiming's normal weights, of shape (fan_in, fan_out)."""
    return generator.normal(0, np.sqrt(2 / fan_in), (fan_in, fan_out))


def start_conv(conv: nn.Conv2d) -> None:
    """Xavier's uniform start for the weight of a convolution, in place; its bias is zero."""
    nn.init.xavier_uniform_(conv.weight)
    nn.init.zeros_(conv.bias)


def start_all(net: nn.Module) -> None:
    """Kaiming's normal start for every linear layer and convolution in the net, in place, with biases of zero."""

    def start(layer: nn.Module) -> None:
        if isinstance(layer, nn.Linear):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)

    net.apply(start)


# %% equivalent="starts: they draw from the generator that they are given"
# spoiler: xavier seeds inside
# spoiler: kaiming seeds inside


# %% equivalent="starts: either of two kinds has no order"
# - if isinstance(layer, (nn.Linear, nn.Conv2d)):
# + if isinstance(layer, (nn.Conv2d, nn.Linear)):


# %% equivalent="starts: torch takes the same gain by itself"
# - nn.init.kaiming_normal_(layer.weight, nonlinearity='relu')
# + nn.init.kaiming_normal_(layer.weight)
