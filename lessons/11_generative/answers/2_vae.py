# Answers to the exercises of 2_vae.py, right and wrong: what `course audit` grades. No student sees them.

# %% right="draw_code: torch.distributions"
def draw_code(mean, logvar):
    return torch.distributions.Normal(mean, (0.5 * logvar).exp()).rsample()


def draw_many(mean, logvar, k):
    return torch.distributions.Normal(mean, (0.5 * logvar).exp()).rsample((k,))


# %% right="draw_code: torch.normal for the noise only"
def draw_code(mean, logvar):
    noise = torch.normal(torch.zeros_like(mean), torch.ones_like(mean))
    return noise * logvar.exp().sqrt() + mean


def draw_many(mean, logvar, k):
    return torch.stack([draw_code(mean, logvar) for _ in range(k)])


# %% wrong="draw_code: torch.normal, without a slope"
def draw_code(mean, logvar):
    return torch.normal(mean, torch.exp(logvar / 2))


def draw_many(mean, logvar, k):
    return torch.stack([torch.normal(mean, torch.exp(logvar / 2)) for _ in range(k)])


# %% wrong="draw_code: the variance in place of its root"
def draw_code(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """A draw from the normal distributions with these means and log-variances, in their shape."""
    return mean + torch.exp(logvar) * torch.randn_like(mean)


def draw_many(mean: torch.Tensor, logvar: torch.Tensor, k: int) -> torch.Tensor:
    """k draws (k, batch, codes)."""
    noise = torch.randn(k, *mean.shape, dtype=mean.dtype)
    return mean + torch.exp(logvar / 2) * noise


# %% wrong="draw_code: uniform noise"
def draw_code(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """A draw from the normal distributions with these means and log-variances, in their shape."""
    return mean + torch.exp(logvar / 2) * (2 * torch.rand_like(mean) - 1)


def draw_many(mean: torch.Tensor, logvar: torch.Tensor, k: int) -> torch.Tensor:
    """k draws (k, batch, codes)."""
    noise = torch.randn(k, *mean.shape, dtype=mean.dtype)
    return mean + torch.exp(logvar / 2) * noise


# %% wrong="draw_code: one number of noise for all"
def draw_code(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """A draw from the normal distributions with these means and log-variances, in their shape."""
    return mean + torch.exp(logvar / 2) * torch.randn((), dtype=mean.dtype)


def draw_many(mean: torch.Tensor, logvar: torch.Tensor, k: int) -> torch.Tensor:
    """k draws (k, batch, codes)."""
    noise = torch.randn(k, *mean.shape, dtype=mean.dtype)
    return mean + torch.exp(logvar / 2) * noise


# %% wrong="draw_code: many draws that are one draw"
def draw_code(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """A draw from the normal distributions with these means and log-variances, in their shape."""
    return mean + torch.exp(logvar / 2) * torch.randn_like(mean)


def draw_many(mean: torch.Tensor, logvar: torch.Tensor, k: int) -> torch.Tensor:
    """k draws (k, batch, codes)."""
    noise = torch.randn(*mean.shape, dtype=mean.dtype).expand(k, *mean.shape)
    return mean + torch.exp(logvar / 2) * noise


# %% wrong="draw_code: a seed inside"
def draw_code(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """A draw from the normal distributions with these means and log-variances, in their shape."""
    torch.manual_seed(0)
    return mean + torch.exp(logvar / 2) * torch.randn_like(mean)


def draw_many(mean: torch.Tensor, logvar: torch.Tensor, k: int) -> torch.Tensor:
    """k draws (k, batch, codes)."""
    noise = torch.randn(k, *mean.shape, dtype=mean.dtype)
    return mean + torch.exp(logvar / 2) * noise


# %% wrong="draw_code: the deviation detached"
def draw_code(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """A draw from the normal distributions with these means and log-variances, in their shape."""
    return mean + torch.exp(logvar / 2) * torch.randn_like(mean)


def draw_many(mean: torch.Tensor, logvar: torch.Tensor, k: int) -> torch.Tensor:
    """k draws (k, batch, codes)."""
    noise = torch.randn(k, *mean.shape, dtype=mean.dtype)
    return mean + torch.exp(logvar / 2).detach() * noise


# %% wrong="draw_code: logvar taken for the deviation"
def draw_code(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """A draw from the normal distributions with these means and log-variances, in their shape."""
    return mean + logvar * torch.randn_like(mean)


def draw_many(mean: torch.Tensor, logvar: torch.Tensor, k: int) -> torch.Tensor:
    """k draws (k, batch, codes)."""
    noise = torch.randn(k, *mean.shape, dtype=mean.dtype)
    return mean + torch.exp(logvar / 2) * noise


# %% right="kl: torch.distributions"
def kl_to_normal(mean, logvar):
    q = torch.distributions.Normal(mean, (logvar / 2).exp())
    p = torch.distributions.Normal(torch.zeros_like(mean), torch.ones_like(mean))
    return torch.distributions.kl_divergence(q, p).sum(-1)


def kl_by_draws(mean, logvar, codes):
    q = torch.distributions.Normal(mean, (logvar / 2).exp())
    p = torch.distributions.Normal(torch.zeros_like(mean), torch.ones_like(mean))
    return (q.log_prob(codes) - p.log_prob(codes)).sum(-1).mean(0)


# %% right="kl: the form of the paper, and what cancels"
def kl_to_normal(mean, logvar):
    return -0.5 * torch.sum(1 + logvar - mean.pow(2) - logvar.exp(), dim=1)


def kl_by_draws(mean, logvar, codes):
    total = codes.square() - logvar - (codes - mean).square() * torch.exp(-logvar)
    return 0.5 * total.mean(dim=0).sum(dim=-1)


# %% wrong="kl: the sign of the log-variance"
def kl_to_normal(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """The divergence (batch,) of normal distributions (batch, codes) from the standard normal one."""
    return 0.5 * (mean**2 + logvar.exp() + logvar - 1).sum(dim=1)


def kl_by_draws(mean: torch.Tensor, logvar: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
    """The same (batch,), estimated from codes (k, batch, codes) that were drawn from the distributions."""
    log_q = -0.5 * (math.log(2 * math.pi) + logvar + (codes - mean) ** 2 / logvar.exp())
    log_p = -0.5 * (math.log(2 * math.pi) + codes**2)
    return (log_q - log_p).sum(dim=2).mean(dim=0)


# %% wrong="kl: without the one"
def kl_to_normal(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """The divergence (batch,) of normal distributions (batch, codes) from the standard normal one."""
    return 0.5 * (mean**2 + logvar.exp() - logvar).sum(dim=1)


def kl_by_draws(mean: torch.Tensor, logvar: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
    """The same (batch,), estimated from codes (k, batch, codes) that were drawn from the distributions."""
    log_q = -0.5 * (math.log(2 * math.pi) + logvar + (codes - mean) ** 2 / logvar.exp())
    log_p = -0.5 * (math.log(2 * math.pi) + codes**2)
    return (log_q - log_p).sum(dim=2).mean(dim=0)


# %% wrong="kl: a mean over the numbers"
def kl_to_normal(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """The divergence (batch,) of normal distributions (batch, codes) from the standard normal one."""
    return 0.5 * (mean**2 + logvar.exp() - logvar - 1).mean(dim=1)


def kl_by_draws(mean: torch.Tensor, logvar: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
    """The same (batch,), estimated from codes (k, batch, codes) that were drawn from the distributions."""
    log_q = -0.5 * (math.log(2 * math.pi) + logvar + (codes - mean) ** 2 / logvar.exp())
    log_p = -0.5 * (math.log(2 * math.pi) + codes**2)
    return (log_q - log_p).sum(dim=2).mean(dim=0)


# %% wrong="kl: logvar taken for a log-deviation"
def kl_to_normal(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """The divergence (batch,) of normal distributions (batch, codes) from the standard normal one."""
    return 0.5 * (mean**2 + (2 * logvar).exp() - 2 * logvar - 1).sum(dim=1)


def kl_by_draws(mean: torch.Tensor, logvar: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
    """The same (batch,), estimated from codes (k, batch, codes) that were drawn from the distributions."""
    log_q = -0.5 * (math.log(2 * math.pi) + logvar + (codes - mean) ** 2 / logvar.exp())
    log_p = -0.5 * (math.log(2 * math.pi) + codes**2)
    return (log_q - log_p).sum(dim=2).mean(dim=0)


# %% wrong="kl: p and q swapped"
def kl_to_normal(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """The divergence (batch,) of normal distributions (batch, codes) from the standard normal one."""
    return 0.5 * (mean**2 + logvar.exp() - logvar - 1).sum(dim=1)


def kl_by_draws(mean: torch.Tensor, logvar: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
    """The same (batch,), estimated from codes (k, batch, codes) that were drawn from the distributions."""
    log_q = -0.5 * (math.log(2 * math.pi) + logvar + (codes - mean) ** 2 / logvar.exp())
    log_p = -0.5 * (math.log(2 * math.pi) + codes**2)
    return (log_p - log_q).sum(dim=2).mean(dim=0)


# %% wrong="kl: a sum over the draws"
def kl_to_normal(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """The divergence (batch,) of normal distributions (batch, codes) from the standard normal one."""
    return 0.5 * (mean**2 + logvar.exp() - logvar - 1).sum(dim=1)


def kl_by_draws(mean: torch.Tensor, logvar: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
    """The same (batch,), estimated from codes (k, batch, codes) that were drawn from the distributions."""
    log_q = -0.5 * (math.log(2 * math.pi) + logvar + (codes - mean) ** 2 / logvar.exp())
    log_p = -0.5 * (math.log(2 * math.pi) + codes**2)
    return (log_q - log_p).sum(dim=2).sum(dim=0)


# %% wrong="kl: the first draw alone"
def kl_to_normal(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """The divergence (batch,) of normal distributions (batch, codes) from the standard normal one."""
    return 0.5 * (mean**2 + logvar.exp() - logvar - 1).sum(dim=1)


def kl_by_draws(mean: torch.Tensor, logvar: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
    """The same (batch,), estimated from codes (k, batch, codes) that were drawn from the distributions."""
    log_q = -0.5 * (math.log(2 * math.pi) + logvar + (codes - mean) ** 2 / logvar.exp())
    log_p = -0.5 * (math.log(2 * math.pi) + codes**2)
    return (log_q - log_p)[0].sum(dim=1)


# %% wrong="kl: the closed formula twice"
def kl_to_normal(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """The divergence (batch,) of normal distributions (batch, codes) from the standard normal one."""
    return 0.5 * (mean**2 + logvar.exp() - logvar - 1).sum(dim=1)


def kl_by_draws(mean: torch.Tensor, logvar: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
    """The same (batch,), estimated from codes (k, batch, codes) that were drawn from the distributions."""
    log_q = -0.5 * (math.log(2 * math.pi) + logvar + (codes - mean) ** 2 / logvar.exp())
    log_p = -0.5 * (math.log(2 * math.pi) + codes**2)
    return kl_to_normal(mean, logvar) + 0 * (log_q - log_p).sum(dim=2).mean(dim=0)


# %% wrong="kl: no half"
def kl_to_normal(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """The divergence (batch,) of normal distributions (batch, codes) from the standard normal one."""
    return 1.0 * (mean**2 + logvar.exp() - logvar - 1).sum(dim=1)


def kl_by_draws(mean: torch.Tensor, logvar: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
    """The same (batch,), estimated from codes (k, batch, codes) that were drawn from the distributions."""
    log_q = -0.5 * (math.log(2 * math.pi) + logvar + (codes - mean) ** 2 / logvar.exp())
    log_p = -0.5 * (math.log(2 * math.pi) + codes**2)
    return (log_q - log_p).sum(dim=2).mean(dim=0)


# %% right="VAE: split, and a weighted sum"
class VAE(nn.Module):
    """Pictures (batch, pixels) to clouds and drawings of codes that are drawn from them."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, 2 * codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor, draw) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Means and log-variances (batch, codes), and the logits of the drawings (batch, pixels)."""
        mean, logvar = self.encoder(x).split(self.decoder[0].in_features, dim=1)
        z = draw(mean, logvar)
        return mean, logvar, self.decoder(z)


def vae_loss(x: torch.Tensor, logits: torch.Tensor, kl: torch.Tensor, beta: float = 1.0) -> torch.Tensor:
    """The loss of drawings (batch, pixels) with divergences kl (batch,), averaged over the pictures."""
    ink = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(dim=1)
    return ink.mean() + beta * kl.mean()


# %% right="VAE: slices and softplus"
class VAE(nn.Module):
    def __init__(self, pixels, hidden, codes):
        super().__init__()
        self.codes = codes
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, codes * 2))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x, draw):
        both = self.encoder(x)
        mean, logvar = both[:, : self.codes], both[:, self.codes :]
        return mean, logvar, self.decoder(draw(mean, logvar))


def vae_loss(x, logits, kl, beta=1.0):
    ink = F.softplus(logits) - x * logits
    return (ink.sum() + beta * kl.sum()) / len(x)


# %% wrong="VAE: log-variances first"
class VAE(nn.Module):
    """Pictures (batch, pixels) to clouds and drawings of codes that are drawn from them."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, 2 * codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor, draw) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Means and log-variances (batch, codes), and the logits of the drawings (batch, pixels)."""
        logvar, mean = self.encoder(x).chunk(2, dim=1)
        z = draw(mean, logvar)
        return mean, logvar, self.decoder(z)


def vae_loss(x: torch.Tensor, logits: torch.Tensor, kl: torch.Tensor, beta: float = 1.0) -> torch.Tensor:
    """The loss of drawings (batch, pixels) with divergences kl (batch,), averaged over the pictures."""
    ink = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(dim=1)
    return (ink + beta * kl).mean()


# %% wrong="VAE: the decoder is given the mean"
class VAE(nn.Module):
    """Pictures (batch, pixels) to clouds and drawings of codes that are drawn from them."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, 2 * codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor, draw) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Means and log-variances (batch, codes), and the logits of the drawings (batch, pixels)."""
        mean, logvar = self.encoder(x).chunk(2, dim=1)
        z = draw(mean, logvar)
        return mean, logvar, self.decoder(mean)


def vae_loss(x: torch.Tensor, logits: torch.Tensor, kl: torch.Tensor, beta: float = 1.0) -> torch.Tensor:
    """The loss of drawings (batch, pixels) with divergences kl (batch,), averaged over the pictures."""
    ink = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(dim=1)
    return (ink + beta * kl).mean()


# %% wrong="VAE: draws in training only"
class VAE(nn.Module):
    """Pictures (batch, pixels) to clouds and drawings of codes that are drawn from them."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, 2 * codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor, draw) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Means and log-variances (batch, codes), and the logits of the drawings (batch, pixels)."""
        mean, logvar = self.encoder(x).chunk(2, dim=1)
        z = draw(mean, logvar) if self.training else mean
        return mean, logvar, self.decoder(z)


def vae_loss(x: torch.Tensor, logits: torch.Tensor, kl: torch.Tensor, beta: float = 1.0) -> torch.Tensor:
    """The loss of drawings (batch, pixels) with divergences kl (batch,), averaged over the pictures."""
    ink = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(dim=1)
    return (ink + beta * kl).mean()


# %% wrong="VAE: no slope comes back through the draw"
class VAE(nn.Module):
    """Pictures (batch, pixels) to clouds and drawings of codes that are drawn from them."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, 2 * codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor, draw) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Means and log-variances (batch, codes), and the logits of the drawings (batch, pixels)."""
        mean, logvar = self.encoder(x).chunk(2, dim=1)
        z = draw(mean, logvar)
        return mean, logvar, self.decoder(z.detach())


def vae_loss(x: torch.Tensor, logits: torch.Tensor, kl: torch.Tensor, beta: float = 1.0) -> torch.Tensor:
    """The loss of drawings (batch, pixels) with divergences kl (batch,), averaged over the pictures."""
    ink = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(dim=1)
    return (ink + beta * kl).mean()


# %% wrong="VAE: ink averaged over pixels"
class VAE(nn.Module):
    """Pictures (batch, pixels) to clouds and drawings of codes that are drawn from them."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, 2 * codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor, draw) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Means and log-variances (batch, codes), and the logits of the drawings (batch, pixels)."""
        mean, logvar = self.encoder(x).chunk(2, dim=1)
        z = draw(mean, logvar)
        return mean, logvar, self.decoder(z)


def vae_loss(x: torch.Tensor, logits: torch.Tensor, kl: torch.Tensor, beta: float = 1.0) -> torch.Tensor:
    """The loss of drawings (batch, pixels) with divergences kl (batch,), averaged over the pictures."""
    ink = F.binary_cross_entropy_with_logits(logits, x, reduction="none").mean(dim=1)
    return (ink + beta * kl).mean()


# %% wrong="VAE: beta on the ink"
class VAE(nn.Module):
    """Pictures (batch, pixels) to clouds and drawings of codes that are drawn from them."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, 2 * codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor, draw) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Means and log-variances (batch, codes), and the logits of the drawings (batch, pixels)."""
        mean, logvar = self.encoder(x).chunk(2, dim=1)
        z = draw(mean, logvar)
        return mean, logvar, self.decoder(z)


def vae_loss(x: torch.Tensor, logits: torch.Tensor, kl: torch.Tensor, beta: float = 1.0) -> torch.Tensor:
    """The loss of drawings (batch, pixels) with divergences kl (batch,), averaged over the pictures."""
    ink = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(dim=1)
    return (beta * ink + kl).mean()


# %% wrong="VAE: no weight"
class VAE(nn.Module):
    """Pictures (batch, pixels) to clouds and drawings of codes that are drawn from them."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, 2 * codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor, draw) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Means and log-variances (batch, codes), and the logits of the drawings (batch, pixels)."""
        mean, logvar = self.encoder(x).chunk(2, dim=1)
        z = draw(mean, logvar)
        return mean, logvar, self.decoder(z)


def vae_loss(x: torch.Tensor, logits: torch.Tensor, kl: torch.Tensor, beta: float = 1.0) -> torch.Tensor:
    """The loss of drawings (batch, pixels) with divergences kl (batch,), averaged over the pictures."""
    ink = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(dim=1)
    return (ink + kl).mean()


# %% wrong="VAE: the divergence rewarded"
class VAE(nn.Module):
    """Pictures (batch, pixels) to clouds and drawings of codes that are drawn from them."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, 2 * codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor, draw) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Means and log-variances (batch, codes), and the logits of the drawings (batch, pixels)."""
        mean, logvar = self.encoder(x).chunk(2, dim=1)
        z = draw(mean, logvar)
        return mean, logvar, self.decoder(z)


def vae_loss(x: torch.Tensor, logits: torch.Tensor, kl: torch.Tensor, beta: float = 1.0) -> torch.Tensor:
    """The loss of drawings (batch, pixels) with divergences kl (batch,), averaged over the pictures."""
    ink = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(dim=1)
    return (ink - beta * kl).mean()


# %% wrong="VAE: a sum over the pictures"
class VAE(nn.Module):
    """Pictures (batch, pixels) to clouds and drawings of codes that are drawn from them."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, 2 * codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor, draw) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Means and log-variances (batch, codes), and the logits of the drawings (batch, pixels)."""
        mean, logvar = self.encoder(x).chunk(2, dim=1)
        z = draw(mean, logvar)
        return mean, logvar, self.decoder(z)


def vae_loss(x: torch.Tensor, logits: torch.Tensor, kl: torch.Tensor, beta: float = 1.0) -> torch.Tensor:
    """The loss of drawings (batch, pixels) with divergences kl (batch,), averaged over the pictures."""
    ink = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(dim=1)
    return (ink + beta * kl).sum()


# %% wrong="VAE: every other number is a mean"
class VAE(nn.Module):
    """Pictures (batch, pixels) to clouds and drawings of codes that are drawn from them."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, 2 * codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor, draw) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Means and log-variances (batch, codes), and the logits of the drawings (batch, pixels)."""
        both = self.encoder(x)
        mean, logvar = both[:, ::2], both[:, 1::2]
        z = draw(mean, logvar)
        return mean, logvar, self.decoder(z)


def vae_loss(x: torch.Tensor, logits: torch.Tensor, kl: torch.Tensor, beta: float = 1.0) -> torch.Tensor:
    """The loss of drawings (batch, pixels) with divergences kl (batch,), averaged over the pictures."""
    ink = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(dim=1)
    return (ink + beta * kl).mean()


# %% right="evidence: torch.distributions"
def fraction(log_likelihood, mean, logvar, codes):
    q = torch.distributions.Normal(mean, torch.exp(logvar / 2))
    p = torch.distributions.Normal(torch.zeros_like(mean), torch.ones_like(mean))
    return log_likelihood + (p.log_prob(codes) - q.log_prob(codes)).sum(dim=-1)


def elbo(log_likelihood, mean, logvar, codes):
    return fraction(log_likelihood, mean, logvar, codes).mean(dim=0)


def log_evidence(log_likelihood, mean, logvar, codes):
    parts = fraction(log_likelihood, mean, logvar, codes)
    return torch.logsumexp(parts - math.log(parts.shape[0]), dim=0)


# %% right="evidence: the largest taken out by hand"
def elbo(log_likelihood, mean, logvar, codes):
    ratio = 0.5 * (logvar + (codes - mean).square() / logvar.exp() - codes.square()).sum(dim=2)
    return (log_likelihood + ratio).sum(dim=0) / codes.shape[0]


def log_evidence(log_likelihood, mean, logvar, codes):
    ratio = 0.5 * (logvar + (codes - mean).square() / logvar.exp() - codes.square()).sum(dim=2)
    logs = log_likelihood + ratio
    top = logs.max(dim=0).values
    return top + (logs - top).exp().mean(dim=0).log()


# %% wrong="evidence: exponentials first"
def elbo(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The mean over the draws (batch,) of log p(x|z) + log p(z) − log q(z|x)."""
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp()).sum(dim=2)
    log_p = -0.5 * (codes**2).sum(dim=2)
    return (log_likelihood + log_p - log_q).mean(dim=0)


def log_evidence(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The logarithm (batch,) of the estimate of p(x) by importance sampling."""
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp()).sum(dim=2)
    log_p = -0.5 * (codes**2).sum(dim=2)
    return torch.exp(log_likelihood + log_p - log_q).mean(dim=0).log()


# %% wrong="evidence: the number of draws forgotten"
def elbo(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The mean over the draws (batch,) of log p(x|z) + log p(z) − log q(z|x)."""
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp()).sum(dim=2)
    log_p = -0.5 * (codes**2).sum(dim=2)
    return (log_likelihood + log_p - log_q).mean(dim=0)


def log_evidence(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The logarithm (batch,) of the estimate of p(x) by importance sampling."""
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp()).sum(dim=2)
    log_p = -0.5 * (codes**2).sum(dim=2)
    return torch.logsumexp(log_likelihood + log_p - log_q, dim=0)


# %% wrong="evidence: the bound for the evidence"
def elbo(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The mean over the draws (batch,) of log p(x|z) + log p(z) − log q(z|x)."""
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp()).sum(dim=2)
    log_p = -0.5 * (codes**2).sum(dim=2)
    return (log_likelihood + log_p - log_q).mean(dim=0)


def log_evidence(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The logarithm (batch,) of the estimate of p(x) by importance sampling."""
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp()).sum(dim=2)
    log_p = -0.5 * (codes**2).sum(dim=2)
    return (log_likelihood + log_p - log_q).mean(dim=0)


# %% wrong="evidence: no correction for where the draws came from"
def elbo(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The mean over the draws (batch,) of log p(x|z) + log p(z) − log q(z|x)."""
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp()).sum(dim=2)
    log_p = -0.5 * (codes**2).sum(dim=2)
    return (log_likelihood + log_p - log_q).mean(dim=0)


def log_evidence(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The logarithm (batch,) of the estimate of p(x) by importance sampling."""
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp()).sum(dim=2)
    log_p = -0.5 * (codes**2).sum(dim=2)
    return torch.logsumexp(log_likelihood, dim=0) - math.log(len(codes))


# %% wrong="evidence: prior and cloud swapped"
def elbo(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The mean over the draws (batch,) of log p(x|z) + log p(z) − log q(z|x)."""
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp()).sum(dim=2)
    log_p = -0.5 * (codes**2).sum(dim=2)
    return (log_likelihood + log_q - log_p).mean(dim=0)


def log_evidence(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The logarithm (batch,) of the estimate of p(x) by importance sampling."""
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp()).sum(dim=2)
    log_p = -0.5 * (codes**2).sum(dim=2)
    return torch.logsumexp(log_likelihood + log_p - log_q, dim=0) - math.log(len(codes))


# %% wrong="evidence: the log-variance forgotten in the cloud"
def elbo(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The mean over the draws (batch,) of log p(x|z) + log p(z) − log q(z|x)."""
    log_q = -0.5 * ((codes - mean) ** 2 / logvar.exp()).sum(dim=2)
    log_p = -0.5 * (codes**2).sum(dim=2)
    return (log_likelihood + log_p - log_q).mean(dim=0)


def log_evidence(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The logarithm (batch,) of the estimate of p(x) by importance sampling."""
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp()).sum(dim=2)
    log_p = -0.5 * (codes**2).sum(dim=2)
    return torch.logsumexp(log_likelihood + log_p - log_q, dim=0) - math.log(len(codes))


# %% wrong="evidence: a sum for the bound"
def elbo(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The mean over the draws (batch,) of log p(x|z) + log p(z) − log q(z|x)."""
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp()).sum(dim=2)
    log_p = -0.5 * (codes**2).sum(dim=2)
    return (log_likelihood + log_p - log_q).sum(dim=0)


def log_evidence(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The logarithm (batch,) of the estimate of p(x) by importance sampling."""
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp()).sum(dim=2)
    log_p = -0.5 * (codes**2).sum(dim=2)
    return torch.logsumexp(log_likelihood + log_p - log_q, dim=0) - math.log(len(codes))


# %% wrong="evidence: mean over the numbers of a code"
def elbo(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The mean over the draws (batch,) of log p(x|z) + log p(z) − log q(z|x)."""
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp()).sum(dim=2)
    log_p = -0.5 * (codes**2).mean(dim=2)
    return (log_likelihood + log_p - log_q).mean(dim=0)


def log_evidence(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The logarithm (batch,) of the estimate of p(x) by importance sampling."""
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp()).sum(dim=2)
    log_p = -0.5 * (codes**2).sum(dim=2)
    return torch.logsumexp(log_likelihood + log_p - log_q, dim=0) - math.log(len(codes))


# %% wrong="evidence: divided by the batch"
def elbo(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The mean over the draws (batch,) of log p(x|z) + log p(z) − log q(z|x)."""
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp()).sum(dim=2)
    log_p = -0.5 * (codes**2).sum(dim=2)
    return (log_likelihood + log_p - log_q).mean(dim=0)


def log_evidence(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The logarithm (batch,) of the estimate of p(x) by importance sampling."""
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp()).sum(dim=2)
    log_p = -0.5 * (codes**2).sum(dim=2)
    return torch.logsumexp(log_likelihood + log_p - log_q, dim=0) - math.log(codes.shape[1])


# %% equivalent="draw_code: the normal distribution is symmetric"
# - return mean + torch.exp(logvar / 2) * torch.randn_like(mean)
# + return mean - torch.exp(logvar / 2) * torch.randn_like(mean)


# %% equivalent="draw_code: the normal distribution is symmetric, once more"
# - return mean + torch.exp(logvar / 2) * noise
# + return mean - torch.exp(logvar / 2) * noise


# %% equivalent="draw_code: float32 noise becomes float64 beside a mean in float64"
# - noise = torch.randn(k, *mean.shape, dtype=mean.dtype)
# + noise = torch.randn(k, *mean.shape)


# %% equivalent="kl: a square has no sign"
# - log_q = -0.5 * (math.log(2 * math.pi) + logvar + (codes - mean) ** 2 / logvar.exp())
# + log_q = -0.5 * (math.log(2 * math.pi) + logvar + (mean - codes) ** 2 / logvar.exp())


# %% equivalent="evidence: a square has no sign"
# - log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp()).sum(dim=2)
# + log_q = -0.5 * (logvar + (mean - codes) ** 2 / logvar.exp()).sum(dim=2)


# %% [markdown] explains="draw_code"
# $z = \mu + \sigma\varepsilon$ with $\sigma = e^{\text{logvar}/2}$, half of it because the root of a variance is a standard
# deviation. Each entry has noise of its own (`randn_like`, not one number for all), and in `draw_many` each of the k
# draws too. Nothing is detached: the slope for the mean is 1, for the log-variance $\sigma\varepsilon/2$.


# %% [markdown] explains="kl"
# The logarithm of a product is a sum, so the divergence of independent numbers is the sum of theirs: `sum` over the
# numbers of the code. Draws stand for an expectation: `mean` over the draws. In the closed formula the log-variance
# enters twice, as $\sigma^2 = e^{\text{logvar}}$ and with a minus as itself; at $\mu = 0$, $\sigma = 1$ all cancels.


# %% [markdown] explains="VAE"
# The encoder's last layer gives `2 * codes` numbers, cut in two halves along the axis of the codes. The decoder is given
# the *draw*: given the mean it would be an autoencoder again. In the loss, the ink of a picture and its divergence are on
# one footing: sums over pixels and over the numbers of a code. Only then comes the mean over pictures.


# %% [markdown] explains="evidence"
# In logarithms the fraction is $\log p(x \mid z) + \log p(z) - \log q(z \mid x)$, where the sums over the numbers of the code
# come first, and the constant $\log 2\pi$ cancels. The bound is its mean over the draws. The evidence is
# $\log \frac1k \sum_j e^{…}$: `logsumexp` over the draws minus $\log k$. Exponentiating first gives 0, whose logarithm is −∞.
