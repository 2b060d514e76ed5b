# Answers to the exercises of 4_restraint.py, right and wrong: what `course audit` grades. No student sees them.

# %% [markdown] explains="gain"
# An expectation over a normal number is an integral with its density as weight, and far beyond 10 the density is
# nothing. For ReLU it is half of the integral of $z^2$, 1/2, hence $g = \sqrt2$, and $g^2/\text{fan}_\text{in}$ is
# Kaiming's variance. Each matrix divides by the root of its own first size.

# %% right="gain: the trapezoid rule"
def gain_of(activation) -> float:
    """The gain of an activation, which takes and returns a tensor."""
    z = torch.linspace(-10, 10, 20001, dtype=torch.float64)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    return 1 / math.sqrt(torch.trapezoid(activation(z).square() * density, z).item())


def matrices(sizes: list[int], gain: float) -> list[torch.Tensor]:
    """Weights for all layers of a network with these sizes."""
    return [torch.randn(d, units) * gain / d**0.5 for d, units in itertools.pairwise(sizes)]


# %% right="gain: a mean over quantiles"
def gain_of(activation):
    chance = (torch.arange(400000, dtype=torch.float64) + 0.5) / 400000
    z = torch.special.ndtri(chance)
    return float(activation(z).pow(2).mean() ** -0.5)


def matrices(sizes, gain):
    return [torch.empty(a, b).normal_(0, gain / math.sqrt(a)) for a, b in itertools.pairwise(sizes)]


# %% wrong="gain: the mean of the values"
def gain_of(activation) -> float:
    """The gain of an activation, which takes and returns a tensor."""
    z = torch.linspace(-10, 10, 20001, dtype=torch.float64)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    return ((activation(z).abs() * density).sum() * 0.001).item() ** -0.5


def matrices(sizes: list[int], gain: float) -> list[torch.Tensor]:
    """Weights for all layers of a network with these sizes."""
    return [torch.randn(d, units) * gain / d**0.5 for d, units in itertools.pairwise(sizes)]


# %% wrong="gain: not inverted"
def gain_of(activation) -> float:
    """The gain of an activation, which takes and returns a tensor."""
    z = torch.linspace(-10, 10, 20001, dtype=torch.float64)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    return ((activation(z) ** 2 * density).sum() * 0.001).item() ** 0.5


def matrices(sizes: list[int], gain: float) -> list[torch.Tensor]:
    """Weights for all layers of a network with these sizes."""
    return [torch.randn(d, units) * gain / d**0.5 for d, units in itertools.pairwise(sizes)]


# %% wrong="gain: without the root"
def gain_of(activation) -> float:
    """The gain of an activation, which takes and returns a tensor."""
    z = torch.linspace(-10, 10, 20001, dtype=torch.float64)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    return ((activation(z) ** 2 * density).sum() * 0.001).item() ** -1


def matrices(sizes: list[int], gain: float) -> list[torch.Tensor]:
    """Weights for all layers of a network with these sizes."""
    return [torch.randn(d, units) * gain / d**0.5 for d, units in itertools.pairwise(sizes)]


# %% wrong="gain: fan out"
def gain_of(activation) -> float:
    """The gain of an activation, which takes and returns a tensor."""
    z = torch.linspace(-10, 10, 20001, dtype=torch.float64)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    return ((activation(z) ** 2 * density).sum() * 0.001).item() ** -0.5


def matrices(sizes: list[int], gain: float) -> list[torch.Tensor]:
    """Weights for all layers of a network with these sizes."""
    return [torch.randn(d, units) * gain / units**0.5 for d, units in itertools.pairwise(sizes)]


# %% wrong="gain: the variance"
def gain_of(activation) -> float:
    """The gain of an activation, which takes and returns a tensor."""
    z = torch.linspace(-10, 10, 20001, dtype=torch.float64)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    return ((activation(z) ** 2 * density).sum() * 0.001).item() ** -0.5


def matrices(sizes: list[int], gain: float) -> list[torch.Tensor]:
    """Weights for all layers of a network with these sizes."""
    return [torch.randn(d, units) * gain / d for d, units in itertools.pairwise(sizes)]


# %% wrong="gain: shapes the other way round"
def gain_of(activation) -> float:
    """The gain of an activation, which takes and returns a tensor."""
    z = torch.linspace(-10, 10, 20001, dtype=torch.float64)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    return ((activation(z) ** 2 * density).sum() * 0.001).item() ** -0.5


def matrices(sizes: list[int], gain: float) -> list[torch.Tensor]:
    """Weights for all layers of a network with these sizes."""
    return [torch.randn(units, d) * gain / d**0.5 for d, units in itertools.pairwise(sizes)]


# %% wrong="gain: ReLU's gain for all"
def gain_of(activation) -> float:
    """The gain of an activation, which takes and returns a tensor."""
    z = torch.linspace(-10, 10, 20001, dtype=torch.float64)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    return 2**0.5


def matrices(sizes: list[int], gain: float) -> list[torch.Tensor]:
    """Weights for all layers of a network with these sizes."""
    return [torch.randn(d, units) * gain / d**0.5 for d, units in itertools.pairwise(sizes)]


# %% equivalent="gain: float32 is fine enough for a sum of bells"
# - z = torch.linspace(-10, 10, 20001, dtype=torch.float64)
# + z = torch.linspace(-10, 10, 20001)


# %% equivalent="gain: a ratio of two integrals that run backwards both"
# - z = torch.linspace(-10, 10, 20001, dtype=torch.float64)
# + z = torch.linspace(10, -10, 20001, dtype=torch.float64)


# %% equivalent="gain: one point more or less changes nothing that shows"
# - z = torch.linspace(-10, 10, 20001, dtype=torch.float64)
# + z = torch.linspace(-10, 10, 20002, dtype=torch.float64)


# %% equivalent="gain: one point more or less changes nothing that shows, case 2"
# - z = torch.linspace(-10, 10, 20001, dtype=torch.float64)
# + z = torch.linspace(-10, 10, 20000, dtype=torch.float64)


# %% [markdown] explains="norms"
# The formula is the same for both; only the axes of the mean differ, and layer norm keeps them (`keepdim`) so that each
# row is compared with its own mean. Both variances divide by n, hence `correction=0`. For `fold`, write scale = γ/√(var
# + ε): scale (xWᵀ + b − mean) + β = x (scale W)ᵀ + scale (b − mean) + β; each scale belongs to a *row* of W.


# %% right="norms: the biased variance by hand"
def layer_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Normalised over the last axes, scaled by weight and shifted by bias."""
    axes = tuple(range(-weight.ndim, 0))
    away = x - x.mean(dim=axes, keepdim=True)
    return away * torch.rsqrt(away.square().mean(dim=axes, keepdim=True) + eps) * weight + bias


def batch_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Each feature normalised over the batch, scaled by its weight and shifted by its bias."""
    mean, var = x.mean(dim=0), x.var(dim=0, correction=0)
    return (x - mean) / (var + eps).sqrt() * weight + bias


def fold(linear_weight, linear_bias, mean, var, weight, bias, eps: float = 1e-5) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight and bias of the linear layer that does the work of both."""
    scale = weight / (var + eps).sqrt()
    return linear_weight * scale[:, None], (linear_bias - mean) * scale + bias


# %% right="norms: flattened last axes, a diagonal matrix"
def layer_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Normalised over the last axes, scaled by weight and shifted by bias."""
    rows = x.reshape(-1, weight.numel())
    rows = (rows - rows.mean(1, keepdim=True)) / (rows.var(1, unbiased=False, keepdim=True) + eps) ** 0.5
    return rows.reshape(x.shape) * weight + bias


def batch_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Each feature normalised over the batch, scaled by its weight and shifted by its bias."""
    mean, var = x.mean(dim=0), x.var(dim=0, correction=0)
    return (x - mean) / (var + eps).sqrt() * weight + bias


def fold(linear_weight, linear_bias, mean, var, weight, bias, eps: float = 1e-5) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight and bias of the linear layer that does the work of both."""
    scale = weight / (var + eps).sqrt()
    return torch.diag(scale) @ linear_weight, (linear_bias - mean) * scale + bias


# %% wrong="norms: variance by n - 1"
def layer_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Normalised over the last axes, scaled by weight and shifted by bias."""
    axes = tuple(range(-weight.ndim, 0))
    mean, var = x.mean(dim=axes, keepdim=True), x.var(dim=axes, keepdim=True)
    return (x - mean) / (var + eps).sqrt() * weight + bias


def batch_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Each feature normalised over the batch, scaled by its weight and shifted by its bias."""
    mean, var = x.mean(dim=0), x.var(dim=0, correction=0)
    return (x - mean) / (var + eps).sqrt() * weight + bias


def fold(linear_weight, linear_bias, mean, var, weight, bias, eps: float = 1e-5) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight and bias of the linear layer that does the work of both."""
    scale = weight / (var + eps).sqrt()
    return linear_weight * scale[:, None], (linear_bias - mean) * scale + bias


# %% wrong="norms: the last axis only"
def layer_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Normalised over the last axes, scaled by weight and shifted by bias."""
    axes = (-1,)
    mean, var = x.mean(dim=axes, keepdim=True), x.var(dim=axes, correction=0, keepdim=True)
    return (x - mean) / (var + eps).sqrt() * weight + bias


def batch_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Each feature normalised over the batch, scaled by its weight and shifted by its bias."""
    mean, var = x.mean(dim=0), x.var(dim=0, correction=0)
    return (x - mean) / (var + eps).sqrt() * weight + bias


def fold(linear_weight, linear_bias, mean, var, weight, bias, eps: float = 1e-5) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight and bias of the linear layer that does the work of both."""
    scale = weight / (var + eps).sqrt()
    return linear_weight * scale[:, None], (linear_bias - mean) * scale + bias


# %% wrong="norms: batch norm by n - 1"
def layer_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Normalised over the last axes, scaled by weight and shifted by bias."""
    axes = tuple(range(-weight.ndim, 0))
    mean, var = x.mean(dim=axes, keepdim=True), x.var(dim=axes, correction=0, keepdim=True)
    return (x - mean) / (var + eps).sqrt() * weight + bias


def batch_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Each feature normalised over the batch, scaled by its weight and shifted by its bias."""
    mean, var = x.mean(dim=0), x.var(dim=0)
    return (x - mean) / (var + eps).sqrt() * weight + bias


def fold(linear_weight, linear_bias, mean, var, weight, bias, eps: float = 1e-5) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight and bias of the linear layer that does the work of both."""
    scale = weight / (var + eps).sqrt()
    return linear_weight * scale[:, None], (linear_bias - mean) * scale + bias


# %% wrong="norms: batch norm over the features"
def layer_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Normalised over the last axes, scaled by weight and shifted by bias."""
    axes = tuple(range(-weight.ndim, 0))
    mean, var = x.mean(dim=axes, keepdim=True), x.var(dim=axes, correction=0, keepdim=True)
    return (x - mean) / (var + eps).sqrt() * weight + bias


def batch_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Each feature normalised over the batch, scaled by its weight and shifted by its bias."""
    mean, var = x.mean(dim=1, keepdim=True), x.var(dim=1, correction=0, keepdim=True)
    return (x - mean) / (var + eps).sqrt() * weight + bias


def fold(linear_weight, linear_bias, mean, var, weight, bias, eps: float = 1e-5) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight and bias of the linear layer that does the work of both."""
    scale = weight / (var + eps).sqrt()
    return linear_weight * scale[:, None], (linear_bias - mean) * scale + bias


# %% wrong="norms: folded column by column"
def layer_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Normalised over the last axes, scaled by weight and shifted by bias."""
    axes = tuple(range(-weight.ndim, 0))
    mean, var = x.mean(dim=axes, keepdim=True), x.var(dim=axes, correction=0, keepdim=True)
    return (x - mean) / (var + eps).sqrt() * weight + bias


def batch_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Each feature normalised over the batch, scaled by its weight and shifted by its bias."""
    mean, var = x.mean(dim=0), x.var(dim=0, correction=0)
    return (x - mean) / (var + eps).sqrt() * weight + bias


def fold(linear_weight, linear_bias, mean, var, weight, bias, eps: float = 1e-5) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight and bias of the linear layer that does the work of both."""
    scale = weight / (var + eps).sqrt()
    return linear_weight * scale if linear_weight.shape[1] == len(scale) else linear_weight * scale[:, None], (
        linear_bias - mean
    ) * scale + bias


# %% wrong="norms: the bias of the layer forgotten"
def layer_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Normalised over the last axes, scaled by weight and shifted by bias."""
    axes = tuple(range(-weight.ndim, 0))
    mean, var = x.mean(dim=axes, keepdim=True), x.var(dim=axes, correction=0, keepdim=True)
    return (x - mean) / (var + eps).sqrt() * weight + bias


def batch_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Each feature normalised over the batch, scaled by its weight and shifted by its bias."""
    mean, var = x.mean(dim=0), x.var(dim=0, correction=0)
    return (x - mean) / (var + eps).sqrt() * weight + bias


def fold(linear_weight, linear_bias, mean, var, weight, bias, eps: float = 1e-5) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight and bias of the linear layer that does the work of both."""
    scale = weight / (var + eps).sqrt()
    return linear_weight * scale[:, None], -mean * scale + bias


# %% wrong="norms: epsilon outside of the root"
def layer_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Normalised over the last axes, scaled by weight and shifted by bias."""
    axes = tuple(range(-weight.ndim, 0))
    mean, var = x.mean(dim=axes, keepdim=True), x.var(dim=axes, correction=0, keepdim=True)
    return (x - mean) / (var + eps).sqrt() * weight + bias


def batch_norm(x, weight, bias, eps: float = 1e-5) -> torch.Tensor:
    """Each feature normalised over the batch, scaled by its weight and shifted by its bias."""
    mean, var = x.mean(dim=0), x.var(dim=0, correction=0)
    return (x - mean) / (var + eps).sqrt() * weight + bias


def fold(linear_weight, linear_bias, mean, var, weight, bias, eps: float = 1e-5) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight and bias of the linear layer that does the work of both."""
    scale = weight / (var.sqrt() + eps)
    return linear_weight * scale[:, None], (linear_bias - mean) * scale + bias


# %% [markdown] explains="dropout"
# `torch.rand(x.shape) >= p` is true with probability 1 − p for each entry by itself. At p = 1 the factor would be 1/0,
# so that end is a case of its own. An entry survives several dropouts if it survives each: the chances 1 − p multiply,
# and so do the scales. The variance of a sum of independent terms is the sum of theirs, each with w².


# %% right="dropout: bernoulli"
def dropout(x: torch.Tensor, p: float, training: bool = True) -> torch.Tensor:
    """x with entries dropped with probability p and the others scaled, if training."""
    if not training or p == 0:
        return x.clone()
    if p == 1:
        return x * 0
    return x * torch.bernoulli(torch.full_like(x, 1 - p)) / (1 - p)


def joint_rate(*rates: float) -> float:
    """The rate of the one dropout that does what these do together."""
    return 1 - math.prod(1 - p for p in rates)


def effect(w: torch.Tensor, x: torch.Tensor, p: float) -> tuple[float, float]:
    """Mean and variance of w · x when x goes through dropout with p; both have the shape (n,)."""
    return (w @ x).item(), (p / (1 - p) * (w * x).square().sum()).item()


# %% right="dropout: where, and a loop"
def dropout(x: torch.Tensor, p: float, training: bool = True) -> torch.Tensor:
    """x with entries dropped with probability p and the others scaled, if training."""
    if not training or p == 0:
        return x.clone()
    keep = torch.rand_like(x) < 1 - p
    return torch.where(keep, x / max(1 - p, 1e-12), torch.zeros_like(x))


def joint_rate(*rates: float) -> float:
    """The rate of the one dropout that does what these do together."""
    alive = 1.0
    for p in rates:
        alive *= 1 - p
    return 1 - alive


def effect(w: torch.Tensor, x: torch.Tensor, p: float) -> tuple[float, float]:
    """Mean and variance of w · x when x goes through dropout with p; both have the shape (n,)."""
    return (w @ x).item(), (p / (1 - p) * (w * x).square().sum()).item()


# %% wrong="dropout: not scaled"
def dropout(x: torch.Tensor, p: float, training: bool = True) -> torch.Tensor:
    """x with entries dropped with probability p and the others scaled, if training."""
    if not training or p == 0:
        return x.clone()
    if p == 1:
        return x * 0
    return x * (torch.rand(x.shape) >= p)


def joint_rate(*rates: float) -> float:
    """The rate of the one dropout that does what these do together."""
    return 1 - math.prod(1 - p for p in rates)


def effect(w: torch.Tensor, x: torch.Tensor, p: float) -> tuple[float, float]:
    """Mean and variance of w · x when x goes through dropout with p; both have the shape (n,)."""
    return (w @ x).item(), (p / (1 - p) * (w * x).square().sum()).item()


# %% wrong="dropout: keeps with probability p"
def dropout(x: torch.Tensor, p: float, training: bool = True) -> torch.Tensor:
    """x with entries dropped with probability p and the others scaled, if training."""
    if not training or p == 0:
        return x.clone()
    if p == 1:
        return x * 0
    return x * (torch.rand(x.shape) < p) / (1 - p)


def joint_rate(*rates: float) -> float:
    """The rate of the one dropout that does what these do together."""
    return 1 - math.prod(1 - p for p in rates)


def effect(w: torch.Tensor, x: torch.Tensor, p: float) -> tuple[float, float]:
    """Mean and variance of w · x when x goes through dropout with p; both have the shape (n,)."""
    return (w @ x).item(), (p / (1 - p) * (w * x).square().sum()).item()


# %% wrong="dropout: whole rows"
def dropout(x: torch.Tensor, p: float, training: bool = True) -> torch.Tensor:
    """x with entries dropped with probability p and the others scaled, if training."""
    if not training or p == 0:
        return x.clone()
    if p == 1:
        return x * 0
    return x * (torch.rand(x.shape[:1] + (1,) * (x.ndim - 1)) >= p) / (1 - p)


def joint_rate(*rates: float) -> float:
    """The rate of the one dropout that does what these do together."""
    return 1 - math.prod(1 - p for p in rates)


def effect(w: torch.Tensor, x: torch.Tensor, p: float) -> tuple[float, float]:
    """Mean and variance of w · x when x goes through dropout with p; both have the shape (n,)."""
    return (w @ x).item(), (p / (1 - p) * (w * x).square().sum()).item()


# %% wrong="dropout: drops in use too"
def dropout(x: torch.Tensor, p: float, training: bool = True) -> torch.Tensor:
    """x with entries dropped with probability p and the others scaled, if training."""
    if p == 0:
        return x.clone()
    if p == 1:
        return x * 0
    return x * (torch.rand(x.shape) >= p) / (1 - p)


def joint_rate(*rates: float) -> float:
    """The rate of the one dropout that does what these do together."""
    return 1 - math.prod(1 - p for p in rates)


def effect(w: torch.Tensor, x: torch.Tensor, p: float) -> tuple[float, float]:
    """Mean and variance of w · x when x goes through dropout with p; both have the shape (n,)."""
    return (w @ x).item(), (p / (1 - p) * (w * x).square().sum()).item()


# %% wrong="dropout: rates add up"
def dropout(x: torch.Tensor, p: float, training: bool = True) -> torch.Tensor:
    """x with entries dropped with probability p and the others scaled, if training."""
    if not training or p == 0:
        return x.clone()
    if p == 1:
        return x * 0
    return x * (torch.rand(x.shape) >= p) / (1 - p)


def joint_rate(*rates: float) -> float:
    """The rate of the one dropout that does what these do together."""
    return min(1, sum(rates))


def effect(w: torch.Tensor, x: torch.Tensor, p: float) -> tuple[float, float]:
    """Mean and variance of w · x when x goes through dropout with p; both have the shape (n,)."""
    return (w @ x).item(), (p / (1 - p) * (w * x).square().sum()).item()


# %% wrong="dropout: rates multiply"
def dropout(x: torch.Tensor, p: float, training: bool = True) -> torch.Tensor:
    """x with entries dropped with probability p and the others scaled, if training."""
    if not training or p == 0:
        return x.clone()
    if p == 1:
        return x * 0
    return x * (torch.rand(x.shape) >= p) / (1 - p)


def joint_rate(*rates: float) -> float:
    """The rate of the one dropout that does what these do together."""
    return math.prod(rates)


def effect(w: torch.Tensor, x: torch.Tensor, p: float) -> tuple[float, float]:
    """Mean and variance of w · x when x goes through dropout with p; both have the shape (n,)."""
    return (w @ x).item(), (p / (1 - p) * (w * x).square().sum()).item()


# %% wrong="dropout: variance without x"
def dropout(x: torch.Tensor, p: float, training: bool = True) -> torch.Tensor:
    """x with entries dropped with probability p and the others scaled, if training."""
    if not training or p == 0:
        return x.clone()
    if p == 1:
        return x * 0
    return x * (torch.rand(x.shape) >= p) / (1 - p)


def joint_rate(*rates: float) -> float:
    """The rate of the one dropout that does what these do together."""
    return 1 - math.prod(1 - p for p in rates)


def effect(w: torch.Tensor, x: torch.Tensor, p: float) -> tuple[float, float]:
    """Mean and variance of w · x when x goes through dropout with p; both have the shape (n,)."""
    return (w @ x).item(), (p / (1 - p) * w.square().sum()).item()


# %% equivalent="dropout: the text asks for the type of x"
# keeper: returns float64


# %% equivalent="dropout: with p of zero every number is kept and divided by one"
# - if not training or p == 0:
# + if not training:


# %% equivalent="dropout: nobody changes what comes back"
# - return x.clone()
# + return x


# %% equivalent="dropout: nobody changes what comes back, case 2"
# - return x * (torch.rand(x.shape) >= p) / (1 - p)
# + return x * (torch.rand(x.shape) > p) / (1 - p)


# %% equivalent="dropout: a dot product does not depend on the order"
# - return ((w @ x).item(), (p / (1 - p) * (w * x).square().sum()).item())
# + return ((x @ w).item(), (p / (1 - p) * (w * x).square().sum()).item())


# %% [markdown] explains="penalties"
# The slope of λ/2 w² is λw, of λ|w| it is λ sign(w). The soft threshold keeps the sign and shrinks the size, down to 0
# at the most. For bias and variance, add and subtract the mean model inside the square: the mixed term is 0, because
# the models' deviations from their own mean add up to 0. That only works with the variance that divides by the number
# of models.


# %% right="penalties: the slope first"
def l2_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L2 penalty."""
    return w - lr * (slope + strength * w)


def l1_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L1 penalty, by the table."""
    return w - lr * (slope + strength * w.sign())


def soft_threshold(w: torch.Tensor, t: float) -> torch.Tensor:
    """Every weight moved by t towards 0, and not beyond."""
    return torch.sign(w) * (w.abs() - t).clamp(min=0)


def bias_variance(predictions: torch.Tensor, truth: torch.Tensor) -> tuple[float, float]:
    """The mean squared bias and the mean variance."""
    bias = predictions.mean(dim=0) - truth
    return bias.square().mean().item(), predictions.var(dim=0, correction=0).mean().item()


# %% right="penalties: clamp to both sides"
def l2_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L2 penalty."""
    return (1 - lr * strength) * w - lr * slope


def l1_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L1 penalty, by the table."""
    return w - lr * slope - lr * strength * torch.sign(w)


def soft_threshold(w: torch.Tensor, t: float) -> torch.Tensor:
    """Every weight moved by t towards 0, and not beyond."""
    return w - w.clamp(-t, t)


def bias_variance(predictions: torch.Tensor, truth: torch.Tensor) -> tuple[float, float]:
    """The mean squared bias and the mean variance."""
    bias = predictions.mean(dim=0) - truth
    return bias.square().mean().item(), (predictions - predictions.mean(dim=0)).square().mean().item()


# %% wrong="penalties: grows"
def l2_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L2 penalty."""
    return (1 + lr * strength) * w - lr * slope


def l1_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L1 penalty, by the table."""
    return w - lr * slope - lr * strength * torch.sign(w)


def soft_threshold(w: torch.Tensor, t: float) -> torch.Tensor:
    """Every weight moved by t towards 0, and not beyond."""
    return torch.sign(w) * (w.abs() - t).clamp(min=0)


def bias_variance(predictions: torch.Tensor, truth: torch.Tensor) -> tuple[float, float]:
    """The mean squared bias and the mean variance."""
    bias = predictions.mean(dim=0) - truth
    return bias.square().mean().item(), predictions.var(dim=0, correction=0).mean().item()


# %% wrong="penalties: without the rate"
def l2_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L2 penalty."""
    return (1 - lr * strength) * w - lr * slope


def l1_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L1 penalty, by the table."""
    return w - lr * slope - strength * torch.sign(w)


def soft_threshold(w: torch.Tensor, t: float) -> torch.Tensor:
    """Every weight moved by t towards 0, and not beyond."""
    return torch.sign(w) * (w.abs() - t).clamp(min=0)


def bias_variance(predictions: torch.Tensor, truth: torch.Tensor) -> tuple[float, float]:
    """The mean squared bias and the mean variance."""
    bias = predictions.mean(dim=0) - truth
    return bias.square().mean().item(), predictions.var(dim=0, correction=0).mean().item()


# %% wrong="penalties: beyond zero"
def l2_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L2 penalty."""
    return (1 - lr * strength) * w - lr * slope


def l1_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L1 penalty, by the table."""
    return w - lr * slope - lr * strength * torch.sign(w)


def soft_threshold(w: torch.Tensor, t: float) -> torch.Tensor:
    """Every weight moved by t towards 0, and not beyond."""
    return w - t * torch.sign(w)


def bias_variance(predictions: torch.Tensor, truth: torch.Tensor) -> tuple[float, float]:
    """The mean squared bias and the mean variance."""
    bias = predictions.mean(dim=0) - truth
    return bias.square().mean().item(), predictions.var(dim=0, correction=0).mean().item()


# %% wrong="penalties: hard threshold"
def l2_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L2 penalty."""
    return (1 - lr * strength) * w - lr * slope


def l1_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L1 penalty, by the table."""
    return w - lr * slope - lr * strength * torch.sign(w)


def soft_threshold(w: torch.Tensor, t: float) -> torch.Tensor:
    """Every weight moved by t towards 0, and not beyond."""
    return torch.where(w.abs() > t, w, torch.zeros_like(w))


def bias_variance(predictions: torch.Tensor, truth: torch.Tensor) -> tuple[float, float]:
    """The mean squared bias and the mean variance."""
    bias = predictions.mean(dim=0) - truth
    return bias.square().mean().item(), predictions.var(dim=0, correction=0).mean().item()


# %% wrong="penalties: sign lost"
def l2_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L2 penalty."""
    return (1 - lr * strength) * w - lr * slope


def l1_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L1 penalty, by the table."""
    return w - lr * slope - lr * strength * torch.sign(w)


def soft_threshold(w: torch.Tensor, t: float) -> torch.Tensor:
    """Every weight moved by t towards 0, and not beyond."""
    return (w.abs() - t).clamp(min=0)


def bias_variance(predictions: torch.Tensor, truth: torch.Tensor) -> tuple[float, float]:
    """The mean squared bias and the mean variance."""
    bias = predictions.mean(dim=0) - truth
    return bias.square().mean().item(), predictions.var(dim=0, correction=0).mean().item()


# %% wrong="penalties: variance by n - 1"
def l2_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L2 penalty."""
    return (1 - lr * strength) * w - lr * slope


def l1_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L1 penalty, by the table."""
    return w - lr * slope - lr * strength * torch.sign(w)


def soft_threshold(w: torch.Tensor, t: float) -> torch.Tensor:
    """Every weight moved by t towards 0, and not beyond."""
    return torch.sign(w) * (w.abs() - t).clamp(min=0)


def bias_variance(predictions: torch.Tensor, truth: torch.Tensor) -> tuple[float, float]:
    """The mean squared bias and the mean variance."""
    bias = predictions.mean(dim=0) - truth
    return bias.square().mean().item(), (
        predictions.var(dim=0, correction=0) * len(predictions) / max(len(predictions) - 1, 1)
    ).mean().item()


# %% wrong="penalties: bias not squared"
def l2_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L2 penalty."""
    return (1 - lr * strength) * w - lr * slope


def l1_step(w, slope, lr: float, strength: float) -> torch.Tensor:
    """The weights after a step of SGD with an L1 penalty, by the table."""
    return w - lr * slope - lr * strength * torch.sign(w)


def soft_threshold(w: torch.Tensor, t: float) -> torch.Tensor:
    """Every weight moved by t towards 0, and not beyond."""
    return torch.sign(w) * (w.abs() - t).clamp(min=0)


def bias_variance(predictions: torch.Tensor, truth: torch.Tensor) -> tuple[float, float]:
    """The mean squared bias and the mean variance."""
    bias = predictions.mean(dim=0) - truth
    return bias.abs().mean().item(), predictions.var(dim=0, correction=0).mean().item()


# %% equivalent="penalties: a square has no sign"
# - bias = predictions.mean(dim=0) - truth
# + bias = truth - predictions.mean(dim=0)
