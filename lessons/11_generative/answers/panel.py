# Answers as somebody would write who has read only the released notebook: what `course audit` grades and counts apart.
# No student sees them.

# %% right="Autoencoder: filled in as the text says"
class Autoencoder(nn.Module):
    """Pictures (batch, pixels) to their codes (batch, codes) and to logits (batch, pixels) of their drawings."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        z = self.encoder(x)
        return z, self.decoder(z)


def squared_loss(drawing: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Squared differences, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return ((drawing - x) ** 2).sum(dim=1).mean()


def ink_loss(logits: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)


# %% right="Autoencoder: named axes and a mean over rows"
class Autoencoder(nn.Module):
    """Pictures (batch, pixels) to their codes (batch, codes) and to logits (batch, pixels) of their drawings."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        z = self.encoder(x)
        return z, self.decoder(z)


def squared_loss(drawing: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Squared differences, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return ((drawing - x) ** 2).sum(-1).mean(0)


def ink_loss(logits: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)


# %% right="Autoencoder: len of the drawing"
class Autoencoder(nn.Module):
    """Pictures (batch, pixels) to their codes (batch, codes) and to logits (batch, pixels) of their drawings."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        z = self.encoder(x)
        return z, self.decoder(z)


def squared_loss(drawing: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Squared differences, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return ((drawing - x) ** 2).sum(dim=1).mean()


def ink_loss(logits: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(logits)


# %% wrong="Autoencoder: code after a ReLU; breaks: the code is any number"
class Autoencoder(nn.Module):
    """Pictures (batch, pixels) to their codes (batch, codes) and to logits (batch, pixels) of their drawings."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        z = torch.relu(self.encoder(x))
        return z, self.decoder(z)


def squared_loss(drawing: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Squared differences, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return ((drawing - x) ** 2).sum(dim=1).mean()


def ink_loss(logits: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)


# %% wrong="Autoencoder: encodes twice and draws from the original's sigmoid; breaks: from the code alone"
class Autoencoder(nn.Module):
    """Pictures (batch, pixels) to their codes (batch, codes) and to logits (batch, pixels) of their drawings."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        z = self.encoder(x)
        return z, self.decoder(self.encoder(torch.sigmoid(x)))


def squared_loss(drawing: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Squared differences, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return ((drawing - x) ** 2).sum(dim=1).mean()


def ink_loss(logits: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)


# %% wrong="Autoencoder: logits squashed before they come back; breaks: logits"
class Autoencoder(nn.Module):
    """Pictures (batch, pixels) to their codes (batch, codes) and to logits (batch, pixels) of their drawings."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        z = self.encoder(x)
        return z, torch.sigmoid(self.decoder(z))


def squared_loss(drawing: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Squared differences, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return ((drawing - x) ** 2).sum(dim=1).mean()


def ink_loss(logits: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)


# %% wrong="Autoencoder: ink divided by the pixels; breaks: averaged over the pictures"
class Autoencoder(nn.Module):
    """Pictures (batch, pixels) to their codes (batch, codes) and to logits (batch, pixels) of their drawings."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        z = self.encoder(x)
        return z, self.decoder(z)


def squared_loss(drawing: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Squared differences, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return ((drawing - x) ** 2).sum(dim=1).mean()


def ink_loss(logits: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / x.shape[1]


# %% wrong="Autoencoder: median over pictures; breaks: averaged"
class Autoencoder(nn.Module):
    """Pictures (batch, pixels) to their codes (batch, codes) and to logits (batch, pixels) of their drawings."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        z = self.encoder(x)
        return z, self.decoder(z)


def squared_loss(drawing: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Squared differences, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return ((drawing - x) ** 2).sum(dim=1).median()


def ink_loss(logits: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)


# %% wrong="Autoencoder: the code is detached; breaks: can be trained"
class Autoencoder(nn.Module):
    """Pictures (batch, pixels) to their codes (batch, codes) and to logits (batch, pixels) of their drawings."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        z = self.encoder(x)
        return z, self.decoder(z.detach() * 0 + z.detach()) if False else self.decoder(2 * z)


def squared_loss(drawing: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Squared differences, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return ((drawing - x) ** 2).sum(dim=1).mean()


def ink_loss(logits: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)


# %% right="plane: one decode a row, torch.cat"
def in_between(start, end, n):
    steps = torch.arange(n, dtype=start.dtype) / (n - 1)
    return (1 - steps)[:, None] * start + steps[:, None] * end


def plane(decode, low, high, n):
    x = torch.linspace(low, high, n)
    strips = []
    for z2 in reversed(x.tolist()):
        pictures = decode(torch.stack([x, torch.full((n,), z2)], dim=1))
        side = int(math.sqrt(pictures.shape[1]) + 0.5)
        strips.append(torch.hstack([picture.view(side, side) for picture in pictures]))
    return torch.vstack(strips)


# %% right="plane: a canvas that is filled"
def in_between(start, end, n):
    codes = [torch.lerp(start, end, k / (n - 1)) for k in range(n)]
    return torch.stack(codes)


def plane(decode, low, high, n):
    values = torch.linspace(low, high, n)
    canvas = None
    for i in range(n):
        for j in range(n):
            code = torch.stack([values[j], values[n - 1 - i]]).unsqueeze(0)
            tile = decode(code).squeeze(0)
            side = math.isqrt(tile.numel())
            if canvas is None:
                canvas = torch.zeros(n * side, n * side, dtype=tile.dtype)
            canvas[i * side : (i + 1) * side, j * side : (j + 1) * side] = tile.reshape(side, side)
    return canvas


# %% right="plane: cartesian product, then swap of axes"
def in_between(start, end, n):
    t = torch.linspace(0, 1, n, dtype=start.dtype)
    return start[None, :] + torch.outer(t, end - start)


def plane(decode, low, high, n):
    ys, xs = torch.linspace(high, low, n), torch.linspace(low, high, n)
    grid = torch.cartesian_prod(ys, xs).flip(1)
    out = decode(grid)
    s = int(out.size(1) ** 0.5 + 0.5)
    return out.view(n, n, s, s).transpose(1, 2).contiguous().view(n * s, n * s)


# %% wrong="plane: first number down, second to the right; breaks: the first number grows to the right"
def in_between(start: torch.Tensor, end: torch.Tensor, n: int) -> torch.Tensor:
    """n codes (n, codes) from start (codes,) to end (codes,)."""
    share = torch.linspace(0, 1, n, dtype=start.dtype)[:, None]
    return start + share * (end - start)


def plane(decode, low: float, high: float, n: int) -> torch.Tensor:
    """The map (n * side, n * side) of what decode draws for the codes from low to high."""
    places = torch.linspace(low, high, n)
    codes = torch.cartesian_prod(places, places)
    pictures = decode(codes)
    side = math.isqrt(pictures.shape[1])
    return pictures.reshape(n, n, side, side).permute(0, 2, 1, 3).reshape(n * side, n * side)


# %% wrong="plane: the finished map upside down; breaks: pictures stay upright"
def in_between(start: torch.Tensor, end: torch.Tensor, n: int) -> torch.Tensor:
    """n codes (n, codes) from start (codes,) to end (codes,)."""
    share = torch.linspace(0, 1, n, dtype=start.dtype)[:, None]
    return start + share * (end - start)


def plane(decode, low: float, high: float, n: int) -> torch.Tensor:
    """The map (n * side, n * side) of what decode draws for the codes from low to high."""
    places = torch.linspace(low, high, n)
    codes = torch.stack([places.repeat(n), places.repeat_interleave(n)], dim=1)
    pictures = decode(codes)
    side = math.isqrt(pictures.shape[1])
    return pictures.reshape(n, n, side, side).permute(0, 2, 1, 3).reshape(n * side, n * side).flip(0)


# %% wrong="plane: pictures transposed; breaks: rows within"
def in_between(start: torch.Tensor, end: torch.Tensor, n: int) -> torch.Tensor:
    """n codes (n, codes) from start (codes,) to end (codes,)."""
    share = torch.linspace(0, 1, n, dtype=start.dtype)[:, None]
    return start + share * (end - start)


def plane(decode, low: float, high: float, n: int) -> torch.Tensor:
    """The map (n * side, n * side) of what decode draws for the codes from low to high."""
    places = torch.linspace(low, high, n)
    codes = torch.stack([places.repeat(n), places.flip(0).repeat_interleave(n)], dim=1)
    pictures = decode(codes)
    side = math.isqrt(pictures.shape[1])
    return pictures.reshape(n, n, side, side).permute(0, 3, 1, 2).reshape(n * side, n * side)


# %% wrong="plane: arange with a step; breaks: high is included"
def in_between(start: torch.Tensor, end: torch.Tensor, n: int) -> torch.Tensor:
    """n codes (n, codes) from start (codes,) to end (codes,)."""
    share = torch.linspace(0, 1, n, dtype=start.dtype)[:, None]
    return start + share * (end - start)


def plane(decode, low: float, high: float, n: int) -> torch.Tensor:
    """The map (n * side, n * side) of what decode draws for the codes from low to high."""
    places = torch.arange(low, high, (high - low) / n)[:n]
    codes = torch.stack([places.repeat(n), places.flip(0).repeat_interleave(n)], dim=1)
    pictures = decode(codes)
    side = math.isqrt(pictures.shape[1])
    return pictures.reshape(n, n, side, side).permute(0, 2, 1, 3).reshape(n * side, n * side)


# %% wrong="plane: codes rounded to whole steps; breaks: evenly spaced"
def in_between(start: torch.Tensor, end: torch.Tensor, n: int) -> torch.Tensor:
    """n codes (n, codes) from start (codes,) to end (codes,)."""
    share = torch.linspace(0, 1, n, dtype=start.dtype)[:, None]
    return (start + share * (end - start)).round()


def plane(decode, low: float, high: float, n: int) -> torch.Tensor:
    """The map (n * side, n * side) of what decode draws for the codes from low to high."""
    places = torch.linspace(low, high, n)
    codes = torch.stack([places.repeat(n), places.flip(0).repeat_interleave(n)], dim=1)
    pictures = decode(codes)
    side = math.isqrt(pictures.shape[1])
    return pictures.reshape(n, n, side, side).permute(0, 2, 1, 3).reshape(n * side, n * side)


# %% wrong="plane: n + 1 codes; breaks: n codes"
def in_between(start: torch.Tensor, end: torch.Tensor, n: int) -> torch.Tensor:
    """n codes (n, codes) from start (codes,) to end (codes,)."""
    share = torch.linspace(0, 1, n + 1, dtype=start.dtype)[:, None]
    return start + share * (end - start)


def plane(decode, low: float, high: float, n: int) -> torch.Tensor:
    """The map (n * side, n * side) of what decode draws for the codes from low to high."""
    places = torch.linspace(low, high, n)
    codes = torch.stack([places.repeat(n), places.flip(0).repeat_interleave(n)], dim=1)
    pictures = decode(codes)
    side = math.isqrt(pictures.shape[1])
    return pictures.reshape(n, n, side, side).permute(0, 2, 1, 3).reshape(n * side, n * side)


# %% right="who: pairwise_distance squared"
def triplet_loss(anchor, positive, negative, margin):
    near = torch.sum((anchor - positive) ** 2, dim=-1)
    far = torch.sum((anchor - negative) ** 2, dim=-1)
    return torch.clamp(near - far + margin, min=0.0).mean()


def recognise(code, known, names, limit):
    distances = torch.sum((known - code[None]) ** 2, dim=1).tolist()
    best = min(range(len(names)), key=distances.__getitem__)
    if distances[best] > limit:
        return None
    return names[best]


# %% right="who: maximum with a zero"
def triplet_loss(anchor, positive, negative, margin):
    gap = (anchor - positive).pow(2).sum(1) - (anchor - negative).pow(2).sum(1)
    return torch.maximum(gap + margin, torch.zeros_like(gap)).mean()


def recognise(code, known, names, limit):
    gaps = known - code
    squared = torch.einsum("pc,pc->p", gaps, gaps)
    value, place = squared.min(dim=0)
    return None if value.item() > limit else names[place.item()]


# %% right="who: sorted pairs"
def triplet_loss(anchor, positive, negative, margin):
    difference = ((anchor - positive) ** 2 - (anchor - negative) ** 2).sum(dim=1)
    return F.relu(difference + margin).sum() / difference.shape[0]


def recognise(code, known, names, limit):
    table = {name: ((one - code) ** 2).sum().item() for one, name in zip(known, names)}
    name = sorted(table, key=table.get)[0]
    return name if table[name] <= limit else None


# %% wrong="who: only hard triplets in the mean; breaks: the mean over the triplets"
def triplet_loss(anchor, positive, negative, margin: float) -> torch.Tensor:
    """The mean loss () of triplets of codes, each (batch, codes)."""
    near, far = ((anchor - other).square().sum(dim=1) for other in (positive, negative))
    loss = (near - far + margin).clamp(min=0)
    return loss.sum() / (loss > 0).sum().clamp(min=1)


def recognise(code: torch.Tensor, known: torch.Tensor, names: list[str], limit: float) -> str | None:
    """The name of the nearest of the known codes (people, codes), unless it is too far from code (codes,)."""
    distances = (known - code).square().sum(dim=1)
    nearest = int(distances.argmin())
    return names[nearest] if distances[nearest] <= limit else None


# %% wrong="who: softplus for the max; breaks: max"
def triplet_loss(anchor, positive, negative, margin: float) -> torch.Tensor:
    """The mean loss () of triplets of codes, each (batch, codes)."""
    near, far = ((anchor - other).square().sum(dim=1) for other in (positive, negative))
    return F.softplus(near - far + margin).mean()


def recognise(code: torch.Tensor, known: torch.Tensor, names: list[str], limit: float) -> str | None:
    """The name of the nearest of the known codes (people, codes), unless it is too far from code (codes,)."""
    distances = (known - code).square().sum(dim=1)
    nearest = int(distances.argmin())
    return names[nearest] if distances[nearest] <= limit else None


# %% wrong="who: negative from the positive; breaks: from the anchor"
def triplet_loss(anchor, positive, negative, margin: float) -> torch.Tensor:
    """The mean loss () of triplets of codes, each (batch, codes)."""
    near, far = (anchor - positive).square().sum(dim=1), (positive - negative).square().sum(dim=1)
    return (near - far + margin).clamp(min=0).mean()


def recognise(code: torch.Tensor, known: torch.Tensor, names: list[str], limit: float) -> str | None:
    """The name of the nearest of the known codes (people, codes), unless it is too far from code (codes,)."""
    distances = (known - code).square().sum(dim=1)
    nearest = int(distances.argmin())
    return names[nearest] if distances[nearest] <= limit else None


# %% wrong="who: the first who is near enough; breaks: the nearest"
def triplet_loss(anchor, positive, negative, margin: float) -> torch.Tensor:
    """The mean loss () of triplets of codes, each (batch, codes)."""
    near, far = ((anchor - other).square().sum(dim=1) for other in (positive, negative))
    return (near - far + margin).clamp(min=0).mean()


def recognise(code: torch.Tensor, known: torch.Tensor, names: list[str], limit: float) -> str | None:
    """The name of the nearest of the known codes (people, codes), unless it is too far from code (codes,)."""
    distances = (known - code).square().sum(dim=1)
    nearest = next((k for k, d in enumerate(distances.tolist()) if d <= limit), 0)
    return names[nearest] if distances[nearest] <= limit else None


# %% wrong="who: L1 distance; breaks: squared distance"
def triplet_loss(anchor, positive, negative, margin: float) -> torch.Tensor:
    """The mean loss () of triplets of codes, each (batch, codes)."""
    near, far = ((anchor - other).square().sum(dim=1) for other in (positive, negative))
    return (near - far + margin).clamp(min=0).mean()


def recognise(code: torch.Tensor, known: torch.Tensor, names: list[str], limit: float) -> str | None:
    """The name of the nearest of the known codes (people, codes), unless it is too far from code (codes,)."""
    distances = (known - code).abs().sum(dim=1)
    nearest = int(distances.argmin())
    return names[nearest] if distances[nearest] <= limit else None


# %% wrong="who: nearest by the dot product; breaks: distance"
def triplet_loss(anchor, positive, negative, margin: float) -> torch.Tensor:
    """The mean loss () of triplets of codes, each (batch, codes)."""
    near, far = ((anchor - other).square().sum(dim=1) for other in (positive, negative))
    return (near - far + margin).clamp(min=0).mean()


def recognise(code: torch.Tensor, known: torch.Tensor, names: list[str], limit: float) -> str | None:
    """The name of the nearest of the known codes (people, codes), unless it is too far from code (codes,)."""
    distances = (known - code).square().sum(dim=1)
    nearest = int((known @ code).argmax())
    return names[nearest] if distances[nearest] <= limit else None


# %% right="draw_code: noise of the shape of the mean"
def draw_code(mean, logvar):
    std = torch.exp(0.5 * logvar)
    eps = torch.randn(mean.shape, dtype=mean.dtype)
    return mean + eps * std


def draw_many(mean, logvar, k):
    std = torch.exp(0.5 * logvar)
    eps = torch.randn((k, *mean.shape), dtype=mean.dtype)
    return mean.unsqueeze(0) + eps * std.unsqueeze(0)


# %% right="draw_code: many first, one of them"
def draw_many(mean, logvar, k):
    many = mean.expand(k, *mean.shape)
    return many + logvar.exp().sqrt() * torch.randn_like(many)


def draw_code(mean, logvar):
    return draw_many(mean, logvar, 1)[0]


# %% right="draw_code: in place on fresh noise"
def draw_code(mean, logvar):
    noise = torch.empty_like(mean).normal_()
    return torch.addcmul(mean, noise, (logvar / 2).exp())


def draw_many(mean, logvar, k):
    draws = []
    for _ in range(k):
        draws.append(draw_code(mean, logvar))
    return torch.stack(draws, dim=0)


# %% wrong="draw_code: draws along the batch; breaks: k first"
def draw_code(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """A draw from the normal distributions with these means and log-variances, in their shape."""
    return mean + torch.exp(logvar / 2) * torch.randn_like(mean)


def draw_many(mean: torch.Tensor, logvar: torch.Tensor, k: int) -> torch.Tensor:
    """k draws (k, batch, codes)."""
    noise = torch.randn(len(mean), k, *mean.shape[1:], dtype=mean.dtype)
    return mean[:, None] + torch.exp(logvar / 2)[:, None] * noise


# %% wrong="draw_code: the same noise for each row of the batch; breaks: independent"
def draw_code(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """A draw from the normal distributions with these means and log-variances, in their shape."""
    return mean + torch.exp(logvar / 2) * torch.randn_like(mean)


def draw_many(mean: torch.Tensor, logvar: torch.Tensor, k: int) -> torch.Tensor:
    """k draws (k, batch, codes)."""
    noise = torch.randn(k, 1, *mean.shape[1:], dtype=mean.dtype)
    return mean + torch.exp(logvar / 2) * noise


# %% wrong="draw_code: noise cut to three deviations of a half; breaks: normal"
def draw_code(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """A draw from the normal distributions with these means and log-variances, in their shape."""
    return mean + torch.exp(logvar / 2) * torch.randn_like(mean).clamp(-1.5, 1.5)


def draw_many(mean: torch.Tensor, logvar: torch.Tensor, k: int) -> torch.Tensor:
    """k draws (k, batch, codes)."""
    noise = torch.randn(k, *mean.shape, dtype=mean.dtype)
    return mean + torch.exp(logvar / 2) * noise


# %% wrong="draw_code: always float32; breaks: the law in float64"
def draw_code(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """A draw from the normal distributions with these means and log-variances, in their shape."""
    return mean + torch.exp(logvar / 2) * torch.randn_like(mean)


def draw_many(mean: torch.Tensor, logvar: torch.Tensor, k: int) -> torch.Tensor:
    """k draws (k, batch, codes)."""
    noise = torch.randn(k, *mean.shape).to(torch.float32)
    return (mean + torch.exp(logvar / 2) * noise).float()


# %% wrong="draw_code: the mean detached; breaks: slopes for the mean"
def draw_code(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """A draw from the normal distributions with these means and log-variances, in their shape."""
    return mean.detach() + torch.exp(logvar / 2) * torch.randn_like(mean)


def draw_many(mean: torch.Tensor, logvar: torch.Tensor, k: int) -> torch.Tensor:
    """k draws (k, batch, codes)."""
    noise = torch.randn(k, *mean.shape, dtype=mean.dtype)
    return mean + torch.exp(logvar / 2) * noise


# %% wrong="draw_code: deviation of at least a tenth; breaks: exp(logvar / 2)"
def draw_code(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """A draw from the normal distributions with these means and log-variances, in their shape."""
    return mean + torch.exp(logvar / 2).clamp(min=0.1) * torch.randn_like(mean)


def draw_many(mean: torch.Tensor, logvar: torch.Tensor, k: int) -> torch.Tensor:
    """k draws (k, batch, codes)."""
    noise = torch.randn(k, *mean.shape, dtype=mean.dtype)
    return mean + torch.exp(logvar / 2) * noise


# %% right="kl: from deviations"
def kl_to_normal(mean, logvar):
    variance = torch.exp(logvar)
    per_number = (mean.square() + variance - logvar - 1) / 2
    return per_number.sum(-1)


def kl_by_draws(mean, logvar, codes):
    variance = torch.exp(logvar)
    q = -(codes - mean).square() / (2 * variance) - logvar / 2
    p = -codes.square() / 2
    return (q - p).sum(dim=-1).sum(dim=0) / codes.shape[0]


# %% right="kl: a loop over draws"
def kl_to_normal(mean, logvar):
    return sum(0.5 * (mean[:, i] ** 2 + logvar[:, i].exp() - logvar[:, i] - 1) for i in range(mean.shape[1]))


def kl_by_draws(mean, logvar, codes):
    def log_normal(z, m, lv):
        return -0.5 * (math.log(2 * math.pi) + lv + (z - m) ** 2 / lv.exp())

    one = torch.zeros_like(mean)
    parts = [(log_normal(z, mean, logvar) - log_normal(z, one, one)).sum(1) for z in codes]
    return sum(parts) / len(parts)


# %% right="kl: Independent"
def clouds(mean, logvar):
    return torch.distributions.Independent(torch.distributions.Normal(mean, torch.exp(logvar / 2)), 1)


def kl_to_normal(mean, logvar):
    return torch.distributions.kl_divergence(clouds(mean, logvar), clouds(mean * 0, logvar * 0))


def kl_by_draws(mean, logvar, codes):
    q, p = clouds(mean, logvar), clouds(mean * 0, logvar * 0)
    return (q.log_prob(codes) - p.log_prob(codes)).mean(0)


# %% wrong="kl: averaged over the batch; breaks: one number for each row"
def kl_to_normal(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """The divergence (batch,) of normal distributions (batch, codes) from the standard normal one."""
    return 0.5 * (mean**2 + logvar.exp() - logvar - 1).sum(dim=1).mean().expand(len(mean))


def kl_by_draws(mean: torch.Tensor, logvar: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
    """The same (batch,), estimated from codes (k, batch, codes) that were drawn from the distributions."""
    log_q = -0.5 * (math.log(2 * math.pi) + logvar + (codes - mean) ** 2 / logvar.exp())
    log_p = -0.5 * (math.log(2 * math.pi) + codes**2)
    return (log_q - log_p).sum(dim=2).mean(dim=0)


# %% wrong="kl: only positive estimates; breaks: the mean of log q − log p"
def kl_to_normal(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """The divergence (batch,) of normal distributions (batch, codes) from the standard normal one."""
    return 0.5 * (mean**2 + logvar.exp() - logvar - 1).sum(dim=1)


def kl_by_draws(mean: torch.Tensor, logvar: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
    """The same (batch,), estimated from codes (k, batch, codes) that were drawn from the distributions."""
    log_q = -0.5 * (math.log(2 * math.pi) + logvar + (codes - mean) ** 2 / logvar.exp())
    log_p = -0.5 * (math.log(2 * math.pi) + codes**2)
    return (log_q - log_p).sum(dim=2).mean(dim=0).clamp(min=0)


# %% wrong="kl: estimated around zero; breaks: (z − μ)²"
def kl_to_normal(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """The divergence (batch,) of normal distributions (batch, codes) from the standard normal one."""
    return 0.5 * (mean**2 + logvar.exp() - logvar - 1).sum(dim=1)


def kl_by_draws(mean: torch.Tensor, logvar: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
    """The same (batch,), estimated from codes (k, batch, codes) that were drawn from the distributions."""
    log_q = -0.5 * (math.log(2 * math.pi) + logvar + codes**2 / logvar.exp())
    log_p = -0.5 * (math.log(2 * math.pi) + codes**2)
    return (log_q - log_p).sum(dim=2).mean(dim=0)


# %% wrong="kl: divides by the deviation; breaks: σ²"
def kl_to_normal(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """The divergence (batch,) of normal distributions (batch, codes) from the standard normal one."""
    return 0.5 * (mean**2 + logvar.exp() - logvar - 1).sum(dim=1)


def kl_by_draws(mean: torch.Tensor, logvar: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
    """The same (batch,), estimated from codes (k, batch, codes) that were drawn from the distributions."""
    log_q = -0.5 * (math.log(2 * math.pi) + logvar + (codes - mean) ** 2 / (logvar / 2).exp())
    log_p = -0.5 * (math.log(2 * math.pi) + codes**2)
    return (log_q - log_p).sum(dim=2).mean(dim=0)


# %% wrong="kl: unbiased by k − 1; breaks: mean over the draws"
def kl_to_normal(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """The divergence (batch,) of normal distributions (batch, codes) from the standard normal one."""
    return 0.5 * (mean**2 + logvar.exp() - logvar - 1).sum(dim=1)


def kl_by_draws(mean: torch.Tensor, logvar: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
    """The same (batch,), estimated from codes (k, batch, codes) that were drawn from the distributions."""
    log_q = -0.5 * (math.log(2 * math.pi) + logvar + (codes - mean) ** 2 / logvar.exp())
    log_p = -0.5 * (math.log(2 * math.pi) + codes**2)
    return (log_q - log_p).sum(dim=2).sum(dim=0) / max(len(codes) - 1, 1)


# %% wrong="kl: the mean's size, not its square; breaks: μ²"
def kl_to_normal(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """The divergence (batch,) of normal distributions (batch, codes) from the standard normal one."""
    return 0.5 * (mean.abs() + logvar.exp() - logvar - 1).sum(dim=1)


def kl_by_draws(mean: torch.Tensor, logvar: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
    """The same (batch,), estimated from codes (k, batch, codes) that were drawn from the distributions."""
    log_q = -0.5 * (math.log(2 * math.pi) + logvar + (codes - mean) ** 2 / logvar.exp())
    log_p = -0.5 * (math.log(2 * math.pi) + codes**2)
    return (log_q - log_p).sum(dim=2).mean(dim=0)


# %% right="VAE: filled in as the text says"
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
    return (ink + beta * kl).mean()


# %% right="VAE: split in halves"
class VAE(nn.Module):
    """Pictures (batch, pixels) to clouds and drawings of codes that are drawn from them."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, 2 * codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor, draw) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Means and log-variances (batch, codes), and the logits of the drawings (batch, pixels)."""
        mean, logvar = self.encoder(x).tensor_split(2, dim=-1)
        z = draw(mean, logvar)
        return mean, logvar, self.decoder(z)


def vae_loss(x: torch.Tensor, logits: torch.Tensor, kl: torch.Tensor, beta: float = 1.0) -> torch.Tensor:
    """The loss of drawings (batch, pixels) with divergences kl (batch,), averaged over the pictures."""
    ink = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(dim=1)
    return (ink + beta * kl).mean()


# %% right="VAE: sums divided by the pictures"
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
    return torch.sum(ink + kl * beta) / x.shape[0]


# %% wrong="VAE: draws twice; breaks: one draw"
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
        return mean, logvar, self.decoder((z + draw(mean, logvar)) / 2)


def vae_loss(x: torch.Tensor, logits: torch.Tensor, kl: torch.Tensor, beta: float = 1.0) -> torch.Tensor:
    """The loss of drawings (batch, pixels) with divergences kl (batch,), averaged over the pictures."""
    ink = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(dim=1)
    return (ink + beta * kl).mean()


# %% wrong="VAE: logvar squashed to be positive; breaks: log-variances"
class VAE(nn.Module):
    """Pictures (batch, pixels) to clouds and drawings of codes that are drawn from them."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, 2 * codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor, draw) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Means and log-variances (batch, codes), and the logits of the drawings (batch, pixels)."""
        mean, logvar = self.encoder(x).chunk(2, dim=1)
        logvar = F.softplus(logvar)
        z = draw(mean, logvar)
        return mean, logvar, self.decoder(z)


def vae_loss(x: torch.Tensor, logits: torch.Tensor, kl: torch.Tensor, beta: float = 1.0) -> torch.Tensor:
    """The loss of drawings (batch, pixels) with divergences kl (batch,), averaged over the pictures."""
    ink = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(dim=1)
    return (ink + beta * kl).mean()


# %% wrong="VAE: the decoder's sigmoid; breaks: logits"
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
        return mean, logvar, torch.sigmoid(self.decoder(z))


def vae_loss(x: torch.Tensor, logits: torch.Tensor, kl: torch.Tensor, beta: float = 1.0) -> torch.Tensor:
    """The loss of drawings (batch, pixels) with divergences kl (batch,), averaged over the pictures."""
    ink = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(dim=1)
    return (ink + beta * kl).mean()


# %% wrong="VAE: beta weighs kl twice; breaks: ink + β kl"
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
    return (ink + beta * beta * kl).mean()


# %% wrong="VAE: mean of ink over everything; breaks: sums over pixels"
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
    ink = F.binary_cross_entropy_with_logits(logits, x, reduction="mean")
    return (ink + beta * kl).mean()


# %% wrong="VAE: cut along the batch; breaks: along the codes"
class VAE(nn.Module):
    """Pictures (batch, pixels) to clouds and drawings of codes that are drawn from them."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, 2 * codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor, draw) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Means and log-variances (batch, codes), and the logits of the drawings (batch, pixels)."""
        mean, logvar = self.encoder(x).chunk(2, dim=0)
        z = draw(mean, logvar)
        return mean, logvar, self.decoder(z)


def vae_loss(x: torch.Tensor, logits: torch.Tensor, kl: torch.Tensor, beta: float = 1.0) -> torch.Tensor:
    """The loss of drawings (batch, pixels) with divergences kl (batch,), averaged over the pictures."""
    ink = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(dim=1)
    return (ink + beta * kl).mean()


# %% right="evidence: helper with log normals"
def log_normal(z, mean, logvar):
    return (-0.5 * (math.log(2 * math.pi) + logvar + (z - mean) ** 2 * (-logvar).exp())).sum(-1)


def log_weights(log_likelihood, mean, logvar, codes):
    zero = torch.zeros_like(mean)
    return log_likelihood + log_normal(codes, zero, zero) - log_normal(codes, mean, logvar)


def elbo(log_likelihood, mean, logvar, codes):
    return log_weights(log_likelihood, mean, logvar, codes).mean(0)


def log_evidence(log_likelihood, mean, logvar, codes):
    w = log_weights(log_likelihood, mean, logvar, codes)
    return w.logsumexp(0) - math.log(w.shape[0])


# %% right="evidence: logaddexp in a loop"
def elbo(log_likelihood, mean, logvar, codes):
    prior = -0.5 * codes.pow(2).sum(-1)
    cloud = -0.5 * (logvar + (codes - mean).pow(2) / logvar.exp()).sum(-1)
    return torch.mean(log_likelihood + prior - cloud, dim=0)


def log_evidence(log_likelihood, mean, logvar, codes):
    prior = -0.5 * codes.pow(2).sum(-1)
    cloud = -0.5 * (logvar + (codes - mean).pow(2) / logvar.exp()).sum(-1)
    total = None
    for row in log_likelihood + prior - cloud:
        total = row if total is None else torch.logaddexp(total, row)
    return total - math.log(len(codes))


# %% right="evidence: log-softmax trick"
def elbo(log_likelihood, mean, logvar, codes):
    normal = torch.distributions.Normal
    p = normal(0.0, 1.0).log_prob(codes).sum(2)
    q = normal(mean, (logvar * 0.5).exp()).log_prob(codes).sum(2)
    return (log_likelihood + p - q).mean(0)


def log_evidence(log_likelihood, mean, logvar, codes):
    normal = torch.distributions.Normal
    p = normal(0.0, 1.0).log_prob(codes).sum(2)
    q = normal(mean, (logvar * 0.5).exp()).log_prob(codes).sum(2)
    terms = log_likelihood + p - q - torch.log(torch.tensor(float(len(codes)), dtype=codes.dtype))
    return torch.logsumexp(terms, dim=0)


# %% wrong="evidence: float64 instead of logarithms; breaks: improbable pictures"
def elbo(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The mean over the draws (batch,) of log p(x|z) + log p(z) − log q(z|x)."""
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp()).sum(dim=2)
    log_p = -0.5 * (codes**2).sum(dim=2)
    return (log_likelihood + log_p - log_q).mean(dim=0)


def log_evidence(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The logarithm (batch,) of the estimate of p(x) by importance sampling."""
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp()).sum(dim=2)
    log_p = -0.5 * (codes**2).sum(dim=2)
    return torch.exp((log_likelihood + log_p - log_q).double()).mean(dim=0).log().to(codes.dtype)


# %% wrong="evidence: the likeliest draw alone; breaks: the mean"
def elbo(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The mean over the draws (batch,) of log p(x|z) + log p(z) − log q(z|x)."""
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp()).sum(dim=2)
    log_p = -0.5 * (codes**2).sum(dim=2)
    return (log_likelihood + log_p - log_q).mean(dim=0)


def log_evidence(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The logarithm (batch,) of the estimate of p(x) by importance sampling."""
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp()).sum(dim=2)
    log_p = -0.5 * (codes**2).sum(dim=2)
    return (log_likelihood + log_p - log_q).max(dim=0).values


# %% wrong="evidence: no division for the bound's sum; breaks: the mean over the draws"
def elbo(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The mean over the draws (batch,) of log p(x|z) + log p(z) − log q(z|x)."""
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp()).sum(dim=2)
    log_p = -0.5 * (codes**2).sum(dim=2)
    return (log_likelihood + log_p - log_q).sum(dim=0) / 2


def log_evidence(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The logarithm (batch,) of the estimate of p(x) by importance sampling."""
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp()).sum(dim=2)
    log_p = -0.5 * (codes**2).sum(dim=2)
    return torch.logsumexp(log_likelihood + log_p - log_q, dim=0) - math.log(len(codes))


# %% wrong="evidence: the cloud's own entropy; breaks: log q of the draws"
def elbo(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The mean over the draws (batch,) of log p(x|z) + log p(z) − log q(z|x)."""
    log_q = -0.5 * (logvar + 1).sum(dim=1)
    log_p = -0.5 * (codes**2).sum(dim=2)
    return (log_likelihood + log_p - log_q).mean(dim=0)


def log_evidence(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The logarithm (batch,) of the estimate of p(x) by importance sampling."""
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp()).sum(dim=2)
    log_p = -0.5 * (codes**2).sum(dim=2)
    return torch.logsumexp(log_likelihood + log_p - log_q, dim=0) - math.log(len(codes))


# %% wrong="evidence: softmax weights; breaks: log of a mean"
def elbo(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The mean over the draws (batch,) of log p(x|z) + log p(z) − log q(z|x)."""
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp()).sum(dim=2)
    log_p = -0.5 * (codes**2).sum(dim=2)
    return (log_likelihood + log_p - log_q).mean(dim=0)


def log_evidence(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The logarithm (batch,) of the estimate of p(x) by importance sampling."""
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp()).sum(dim=2)
    log_p = -0.5 * (codes**2).sum(dim=2)
    w = log_likelihood + log_p - log_q
    return (torch.softmax(w, dim=0) * w).sum(dim=0)


# %% wrong="evidence: an extra 2π in the prior; breaks: constants cancel"
def elbo(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The mean over the draws (batch,) of log p(x|z) + log p(z) − log q(z|x)."""
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp()).sum(dim=2)
    log_p = -0.5 * (codes**2).sum(dim=2)
    return (log_likelihood + log_p - log_q).mean(dim=0)


def log_evidence(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The logarithm (batch,) of the estimate of p(x) by importance sampling."""
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp()).sum(dim=2)
    log_p = -0.5 * (codes**2 + math.log(2 * math.pi)).sum(dim=2)
    return torch.logsumexp(log_likelihood + log_p - log_q, dim=0) - math.log(len(codes))


# %% right="best: clamped denominator"
def game_value(p, q, d):
    return torch.sum(torch.special.xlogy(p, d) + torch.special.xlog1py(q, -d))


def best_discriminator(p, q):
    total = p + q
    answer = p / total.clamp(min=torch.finfo(p.dtype).tiny)
    return torch.where(total == 0, torch.full_like(p, 0.5), answer)


# %% right="best: masked logs"
def game_value(p, q, d):
    first = torch.where(p > 0, p * torch.log(torch.where(p > 0, d, 1.0)), 0.0)
    second = torch.where(q > 0, q * torch.log(torch.where(q > 0, 1 - d, 1.0)), 0.0)
    return (first + second).sum()


def best_discriminator(p, q):
    answer = p / (p + q)
    answer[torch.isnan(answer)] = 0.5
    return answer


# %% right="best: a sigmoid of the log ratio"
def game_value(p, q, d):
    return torch.xlogy(p, d).sum() + torch.xlogy(q, 1 - d).sum()


def best_discriminator(p, q):
    return torch.sigmoid(torch.log(p) - torch.log(q)).nan_to_num(0.5)


# %% wrong="best: logs of at least −100; breaks: the value"
def game_value(p: torch.Tensor, q: torch.Tensor, d: torch.Tensor) -> torch.Tensor:
    """The value () of the game for probabilities p of the data, q of the generator, and answers d, all (n,)."""
    return (p * d.log().clamp(min=-0.7) + q * (1 - d).log().clamp(min=-0.7)).sum()


def best_discriminator(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """The answers (n,) with the largest value."""
    shown = p + q > 0
    return torch.where(shown, p / torch.where(shown, p + q, 1), 0.5)


# %% wrong="best: binary cross-entropy; breaks: the value"
def game_value(p: torch.Tensor, q: torch.Tensor, d: torch.Tensor) -> torch.Tensor:
    """The value () of the game for probabilities p of the data, q of the generator, and answers d, all (n,)."""
    return F.binary_cross_entropy(d, p / (p + q).clamp(min=1e-9))


def best_discriminator(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """The answers (n,) with the largest value."""
    shown = p + q > 0
    return torch.where(shown, p / torch.where(shown, p + q, 1), 0.5)


# %% wrong="best: one half only where both agree, never rare ones; breaks: a picture that is rare"
def game_value(p: torch.Tensor, q: torch.Tensor, d: torch.Tensor) -> torch.Tensor:
    """The value () of the game for probabilities p of the data, q of the generator, and answers d, all (n,)."""
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum()


def best_discriminator(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """The answers (n,) with the largest value."""
    shown = p + q > 1e-4
    return torch.where(shown, p / torch.where(shown, p + q, 1), 0.5)


# %% wrong="best: softmax of both; breaks: p / (p + q)"
def game_value(p: torch.Tensor, q: torch.Tensor, d: torch.Tensor) -> torch.Tensor:
    """The value () of the game for probabilities p of the data, q of the generator, and answers d, all (n,)."""
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum()


def best_discriminator(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """The answers (n,) with the largest value."""
    shown = p + q > 0
    return torch.where(shown, torch.softmax(torch.stack([p, q]), dim=0)[0], 0.5)


# %% wrong="best: roots of both; breaks: p / (p + q)"
def game_value(p: torch.Tensor, q: torch.Tensor, d: torch.Tensor) -> torch.Tensor:
    """The value () of the game for probabilities p of the data, q of the generator, and answers d, all (n,)."""
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum()


def best_discriminator(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """The answers (n,) with the largest value."""
    shown = p + q > 0
    return torch.where(shown, p.sqrt() / torch.where(shown, p.sqrt() + q.sqrt(), 1), 0.5)


# %% wrong="best: nothing for what never happens in the data; breaks: q's term counts"
def game_value(p: torch.Tensor, q: torch.Tensor, d: torch.Tensor) -> torch.Tensor:
    """The value () of the game for probabilities p of the data, q of the generator, and answers d, all (n,)."""
    return (torch.xlogy(p, d) + torch.xlogy(q * (p > 0), 1 - d)).sum()


def best_discriminator(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """The answers (n,) with the largest value."""
    shown = p + q > 0
    return torch.where(shown, p / torch.where(shown, p + q, 1), 0.5)


# %% right="sizes: divmod"
def size_down(n: int, kernel: int, stride: int, padding: int) -> int:
    steps, _ = divmod(n + 2 * padding - kernel, stride)
    return steps + 1


def size_up(n: int, kernel: int, stride: int, padding: int, output_padding: int = 0) -> int:
    return stride * (n - 1) - 2 * padding + (kernel - 1) + output_padding + 1


def output_padding_for(n: int, kernel: int, stride: int, padding: int) -> int:
    return divmod(n + 2 * padding - kernel, stride)[1]


# %% right="sizes: a while loop"
def size_down(n, kernel, stride, padding):
    place, count = 0, 0
    while place + kernel <= n + 2 * padding:
        place, count = place + stride, count + 1
    return count


def size_up(n, kernel, stride, padding, output_padding=0):
    return (n - 1) * stride + kernel + output_padding - padding - padding


def output_padding_for(n, kernel, stride, padding):
    small = size_down(n, kernel, stride, padding)
    extra = 0
    while size_up(small, kernel, stride, padding, extra) < n:
        extra += 1
    return extra


# %% right="sizes: math.floor"
def size_down(n, kernel, stride, padding):
    return math.floor((n + 2 * padding - kernel) / stride + 1)


def size_up(n, kernel, stride, padding, output_padding=0):
    return n * stride - stride + kernel - 2 * padding + output_padding


def output_padding_for(n, kernel, stride, padding):
    lost = (n + 2 * padding - kernel) / stride
    return round((lost - math.floor(lost)) * stride)


# %% wrong="sizes: division of floats; breaks: whole numbers"
def size_down(n: int, kernel: int, stride: int, padding: int) -> int:
    """The size of nn.Conv2d's output."""
    return (n + 2 * padding - kernel) / stride + 1


def size_up(n: int, kernel: int, stride: int, padding: int, output_padding: int = 0) -> int:
    """The size of nn.ConvTranspose2d's output."""
    return (n - 1) * stride + kernel - 2 * padding + output_padding


def output_padding_for(n: int, kernel: int, stride: int, padding: int) -> int:
    """The output_padding with which a transposed convolution returns to n."""
    return (n + 2 * padding - kernel) % stride


# %% wrong="sizes: rounds to the nearest; breaks: rounds down"
def size_down(n: int, kernel: int, stride: int, padding: int) -> int:
    """The size of nn.Conv2d's output."""
    return round((n + 2 * padding - kernel) / stride) + 1


def size_up(n: int, kernel: int, stride: int, padding: int, output_padding: int = 0) -> int:
    """The size of nn.ConvTranspose2d's output."""
    return (n - 1) * stride + kernel - 2 * padding + output_padding


def output_padding_for(n: int, kernel: int, stride: int, padding: int) -> int:
    """The output_padding with which a transposed convolution returns to n."""
    return (n + 2 * padding - kernel) % stride


# %% wrong="sizes: n times stride; breaks: kernel other than stride plus twice the padding"
def size_down(n: int, kernel: int, stride: int, padding: int) -> int:
    """The size of nn.Conv2d's output."""
    return (n + 2 * padding - kernel) // stride + 1


def size_up(n: int, kernel: int, stride: int, padding: int, output_padding: int = 0) -> int:
    """The size of nn.ConvTranspose2d's output."""
    return n * stride + output_padding


def output_padding_for(n: int, kernel: int, stride: int, padding: int) -> int:
    """The output_padding with which a transposed convolution returns to n."""
    return (n + 2 * padding - kernel) % stride


# %% wrong="sizes: zero or one; breaks: strides above 2"
def size_down(n: int, kernel: int, stride: int, padding: int) -> int:
    """The size of nn.Conv2d's output."""
    return (n + 2 * padding - kernel) // stride + 1


def size_up(n: int, kernel: int, stride: int, padding: int, output_padding: int = 0) -> int:
    """The size of nn.ConvTranspose2d's output."""
    return (n - 1) * stride + kernel - 2 * padding + output_padding


def output_padding_for(n: int, kernel: int, stride: int, padding: int) -> int:
    """The output_padding with which a transposed convolution returns to n."""
    return int((n + 2 * padding - kernel) % stride > 0)


# %% wrong="sizes: padding on one side for the rest; breaks: both sides"
def size_down(n: int, kernel: int, stride: int, padding: int) -> int:
    """The size of nn.Conv2d's output."""
    return (n + 2 * padding - kernel) // stride + 1


def size_up(n: int, kernel: int, stride: int, padding: int, output_padding: int = 0) -> int:
    """The size of nn.ConvTranspose2d's output."""
    return (n - 1) * stride + kernel - 2 * padding + output_padding


def output_padding_for(n: int, kernel: int, stride: int, padding: int) -> int:
    """The output_padding with which a transposed convolution returns to n."""
    return (n + padding - kernel) % stride


# %% wrong="sizes: the kernel forgotten in the rest; breaks: kernels"
def size_down(n: int, kernel: int, stride: int, padding: int) -> int:
    """The size of nn.Conv2d's output."""
    return (n + 2 * padding - kernel) // stride + 1


def size_up(n: int, kernel: int, stride: int, padding: int, output_padding: int = 0) -> int:
    """The size of nn.ConvTranspose2d's output."""
    return (n - 1) * stride + kernel - 2 * padding + output_padding


def output_padding_for(n: int, kernel: int, stride: int, padding: int) -> int:
    """The output_padding with which a transposed convolution returns to n."""
    return (n + 2 * padding) % stride


# %% right="Generator: filled in as the drawing says"
class Generator(nn.Module):
    """Pictures (batch, 1, 28, 28) from -1 to 1, of noise (batch, noise, 1, 1)."""

    def __init__(self, noise: int, width: int):
        super().__init__()
        self.net = nn.Sequential(
            nn.ConvTranspose2d(noise, 2 * width, 7, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(width, 1, 4, stride=2, padding=1),
            nn.Tanh(),
        )

    def forward(self, noise: torch.Tensor) -> torch.Tensor:
        return self.net(noise)


class Discriminator(nn.Module):
    """Logits (batch, answers) of pictures (batch, 1, 28, 28)."""

    def __init__(self, width: int, answers: int = 1):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, width, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * width, answers, 7),
            nn.Flatten(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


# %% right="Generator: pairs for kernels"
class Generator(nn.Module):
    """Pictures (batch, 1, 28, 28) from -1 to 1, of noise (batch, noise, 1, 1)."""

    def __init__(self, noise: int, width: int):
        super().__init__()
        self.net = nn.Sequential(
            nn.ConvTranspose2d(noise, 2 * width, 7, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(width, 1, 4, stride=2, padding=1),
            nn.Tanh(),
        )

    def forward(self, noise: torch.Tensor) -> torch.Tensor:
        return self.net(noise)


class Discriminator(nn.Module):
    """Logits (batch, answers) of pictures (batch, 1, 28, 28)."""

    def __init__(self, width: int, answers: int = 1):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, width, (4, 4), stride=(2, 2), padding=(1, 1)),
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * width, answers, 7),
            nn.Flatten(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


# %% right="Generator: a slope by its name"
class Generator(nn.Module):
    """Pictures (batch, 1, 28, 28) from -1 to 1, of noise (batch, noise, 1, 1)."""

    def __init__(self, noise: int, width: int):
        super().__init__()
        self.net = nn.Sequential(
            nn.ConvTranspose2d(noise, 2 * width, 7, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(width, 1, 4, stride=2, padding=1),
            nn.Tanh(),
        )

    def forward(self, noise: torch.Tensor) -> torch.Tensor:
        return self.net(noise)


class Discriminator(nn.Module):
    """Logits (batch, answers) of pictures (batch, 1, 28, 28)."""

    def __init__(self, width: int, answers: int = 1):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, width, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.LeakyReLU(negative_slope=0.2),
            nn.Conv2d(2 * width, answers, 7),
            nn.Flatten(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


# %% wrong="Generator: kernel 2, no padding; breaks: kernel 4"
class Generator(nn.Module):
    """Pictures (batch, 1, 28, 28) from -1 to 1, of noise (batch, noise, 1, 1)."""

    def __init__(self, noise: int, width: int):
        super().__init__()
        self.net = nn.Sequential(
            nn.ConvTranspose2d(noise, 2 * width, 7, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(width, 1, 2, stride=2),
            nn.Tanh(),
        )

    def forward(self, noise: torch.Tensor) -> torch.Tensor:
        return self.net(noise)


class Discriminator(nn.Module):
    """Logits (batch, answers) of pictures (batch, 1, 28, 28)."""

    def __init__(self, width: int, answers: int = 1):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, width, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * width, answers, 7),
            nn.Flatten(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


# %% wrong="Generator: no batch norm on the second layer; breaks: batch norm"
class Generator(nn.Module):
    """Pictures (batch, 1, 28, 28) from -1 to 1, of noise (batch, noise, 1, 1)."""

    def __init__(self, noise: int, width: int):
        super().__init__()
        self.net = nn.Sequential(
            nn.ConvTranspose2d(noise, 2 * width, 7, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1, bias=False),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(width, 1, 4, stride=2, padding=1),
            nn.Tanh(),
        )

    def forward(self, noise: torch.Tensor) -> torch.Tensor:
        return self.net(noise)


class Discriminator(nn.Module):
    """Logits (batch, answers) of pictures (batch, 1, 28, 28)."""

    def __init__(self, width: int, answers: int = 1):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, width, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * width, answers, 7),
            nn.Flatten(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


# %% wrong="Generator: leaky by a half; breaks: 0.2"
class Generator(nn.Module):
    """Pictures (batch, 1, 28, 28) from -1 to 1, of noise (batch, noise, 1, 1)."""

    def __init__(self, noise: int, width: int):
        super().__init__()
        self.net = nn.Sequential(
            nn.ConvTranspose2d(noise, 2 * width, 7, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(width, 1, 4, stride=2, padding=1),
            nn.Tanh(),
        )

    def forward(self, noise: torch.Tensor) -> torch.Tensor:
        return self.net(noise)


class Discriminator(nn.Module):
    """Logits (batch, answers) of pictures (batch, 1, 28, 28)."""

    def __init__(self, width: int, answers: int = 1):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, width, 4, stride=2, padding=1),
            nn.LeakyReLU(0.5),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * width, answers, 7),
            nn.Flatten(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


# %% wrong="Generator: pictures from 0 to 1; breaks: from −1 to 1"
class Generator(nn.Module):
    """Pictures (batch, 1, 28, 28) from -1 to 1, of noise (batch, noise, 1, 1)."""

    def __init__(self, noise: int, width: int):
        super().__init__()
        self.net = nn.Sequential(
            nn.ConvTranspose2d(noise, 2 * width, 7, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(width, 1, 4, stride=2, padding=1),
            nn.Tanh(),
        )

    def forward(self, noise: torch.Tensor) -> torch.Tensor:
        return (self.net(noise) + 1) / 2


class Discriminator(nn.Module):
    """Logits (batch, answers) of pictures (batch, 1, 28, 28)."""

    def __init__(self, width: int, answers: int = 1):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, width, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * width, answers, 7),
            nn.Flatten(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


# %% wrong="Generator: average pooling at the end; breaks: kernel 7"
class Generator(nn.Module):
    """Pictures (batch, 1, 28, 28) from -1 to 1, of noise (batch, noise, 1, 1)."""

    def __init__(self, noise: int, width: int):
        super().__init__()
        self.net = nn.Sequential(
            nn.ConvTranspose2d(noise, 2 * width, 7, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(width, 1, 4, stride=2, padding=1),
            nn.Tanh(),
        )

    def forward(self, noise: torch.Tensor) -> torch.Tensor:
        return self.net(noise)


class Discriminator(nn.Module):
    """Logits (batch, answers) of pictures (batch, 1, 28, 28)."""

    def __init__(self, width: int, answers: int = 1):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, width, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * width, answers, 1),
            nn.AvgPool2d(7),
            nn.Flatten(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


# %% wrong="Generator: instance norm; breaks: batch norm"
class Generator(nn.Module):
    """Pictures (batch, 1, 28, 28) from -1 to 1, of noise (batch, noise, 1, 1)."""

    def __init__(self, noise: int, width: int):
        super().__init__()
        self.net = nn.Sequential(
            nn.ConvTranspose2d(noise, 2 * width, 7, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1, bias=False),
            nn.InstanceNorm2d(width, affine=True),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(width, 1, 4, stride=2, padding=1),
            nn.Tanh(),
        )

    def forward(self, noise: torch.Tensor) -> torch.Tensor:
        return self.net(noise)


class Discriminator(nn.Module):
    """Logits (batch, answers) of pictures (batch, 1, 28, 28)."""

    def __init__(self, width: int, answers: int = 1):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, width, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * width, answers, 7),
            nn.Flatten(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


# %% right="discriminator_step: filled in as the list says"
def discriminator_step(discriminator, generator, real, noise, optimiser) -> tuple[float, float, float]:
    """One step of the discriminator on real pictures and fakes: its loss, and its mean answer to each."""
    bce = F.binary_cross_entropy_with_logits
    optimiser.zero_grad()
    labels = torch.full((len(real),), 1.0)
    scores = discriminator(real).view(-1)
    loss_on_real = bce(scores, labels)
    loss_on_real.backward()
    on_real = torch.sigmoid(scores).mean().item()

    fake = generator(noise)
    labels.fill_(0.0)
    scores = discriminator(fake.detach()).view(-1)
    loss_on_fake = bce(scores, labels)
    loss_on_fake.backward()
    on_fake = torch.sigmoid(scores).mean().item()
    optimiser.step()
    return (loss_on_real + loss_on_fake).item(), on_real, on_fake


# %% right="discriminator_step: float and reshape"
def discriminator_step(discriminator, generator, real, noise, optimiser) -> tuple[float, float, float]:
    """One step of the discriminator on real pictures and fakes: its loss, and its mean answer to each."""
    bce = F.binary_cross_entropy_with_logits
    optimiser.zero_grad()
    labels = torch.full((len(real),), 1.0)
    scores = discriminator(real).view(-1)
    loss_on_real = bce(scores, labels)
    loss_on_real.backward()
    on_real = torch.sigmoid(scores).mean().item()

    fake = generator(noise)
    labels.fill_(0.0)
    scores = discriminator(fake.detach()).reshape(len(noise))
    loss_on_fake = bce(scores, labels)
    loss_on_fake.backward()
    on_fake = torch.sigmoid(scores).mean().item()
    optimiser.step()
    return float(loss_on_real + loss_on_fake), on_real, on_fake


# %% right="discriminator_step: losses added before one walk back"
def discriminator_step(discriminator, generator, real, noise, optimiser) -> tuple[float, float, float]:
    """One step of the discriminator on real pictures and fakes: its loss, and its mean answer to each."""
    bce = F.binary_cross_entropy_with_logits
    optimiser.zero_grad()
    labels = torch.full((len(real),), 1.0)
    scores = discriminator(real).view(-1)
    loss_on_real = bce(scores, labels)
    on_real = torch.sigmoid(scores).mean().item()

    fake = generator(noise)
    labels = torch.zeros_like(labels)
    scores = discriminator(fake.detach()).view(-1)
    loss_on_fake = bce(scores, labels)
    (loss_on_real + loss_on_fake).backward()
    on_fake = torch.sigmoid(scores).mean().item()
    optimiser.step()
    return (loss_on_real + loss_on_fake).item(), on_real, on_fake


# %% wrong="discriminator_step: a half of each loss; breaks: the sum"
def discriminator_step(discriminator, generator, real, noise, optimiser) -> tuple[float, float, float]:
    """One step of the discriminator on real pictures and fakes: its loss, and its mean answer to each."""
    bce = F.binary_cross_entropy_with_logits
    optimiser.zero_grad()
    labels = torch.full((len(real),), 1.0)
    scores = discriminator(real).view(-1)
    loss_on_real = bce(scores, labels)
    (loss_on_real / 2).backward()
    on_real = torch.sigmoid(scores).mean().item()

    fake = generator(noise)
    labels.fill_(0.0)
    scores = discriminator(fake.detach()).view(-1)
    loss_on_fake = bce(scores, labels)
    (loss_on_fake / 2).backward()
    on_fake = torch.sigmoid(scores).mean().item()
    optimiser.step()
    return (loss_on_real + loss_on_fake).item(), on_real, on_fake


# %% wrong="discriminator_step: smoothed labels; breaks: labels 1"
def discriminator_step(discriminator, generator, real, noise, optimiser) -> tuple[float, float, float]:
    """One step of the discriminator on real pictures and fakes: its loss, and its mean answer to each."""
    bce = F.binary_cross_entropy_with_logits
    optimiser.zero_grad()
    labels = torch.full((len(real),), 0.9)
    scores = discriminator(real).view(-1)
    loss_on_real = bce(scores, labels)
    loss_on_real.backward()
    on_real = torch.sigmoid(scores).mean().item()

    fake = generator(noise)
    labels.fill_(0.0)
    scores = discriminator(fake.detach()).view(-1)
    loss_on_fake = bce(scores, labels)
    loss_on_fake.backward()
    on_fake = torch.sigmoid(scores).mean().item()
    optimiser.step()
    return (loss_on_real + loss_on_fake).item(), on_real, on_fake


# %% wrong="discriminator_step: the step before the second walk back; breaks: both halves"
def discriminator_step(discriminator, generator, real, noise, optimiser) -> tuple[float, float, float]:
    """One step of the discriminator on real pictures and fakes: its loss, and its mean answer to each."""
    bce = F.binary_cross_entropy_with_logits
    optimiser.zero_grad()
    labels = torch.full((len(real),), 1.0)
    scores = discriminator(real).view(-1)
    loss_on_real = bce(scores, labels)
    loss_on_real.backward()
    on_real = torch.sigmoid(scores).mean().item()

    fake = generator(noise)
    labels.fill_(0.0)
    scores = discriminator(fake.detach()).view(-1)
    loss_on_fake = bce(scores, labels)
    optimiser.step()
    loss_on_fake.backward()
    on_fake = torch.sigmoid(scores).mean().item()
    return (loss_on_real + loss_on_fake).item(), on_real, on_fake


# %% wrong="discriminator_step: cleared at the end only; breaks: gradients from earlier"
def discriminator_step(discriminator, generator, real, noise, optimiser) -> tuple[float, float, float]:
    """One step of the discriminator on real pictures and fakes: its loss, and its mean answer to each."""
    bce = F.binary_cross_entropy_with_logits
    labels = torch.full((len(real),), 1.0)
    scores = discriminator(real).view(-1)
    loss_on_real = bce(scores, labels)
    loss_on_real.backward()
    on_real = torch.sigmoid(scores).mean().item()

    fake = generator(noise)
    labels.fill_(0.0)
    scores = discriminator(fake.detach()).view(-1)
    loss_on_fake = bce(scores, labels)
    loss_on_fake.backward()
    on_fake = torch.sigmoid(scores).mean().item()
    optimiser.step()
    optimiser.zero_grad()
    return (loss_on_real + loss_on_fake).item(), on_real, on_fake


# %% wrong="discriminator_step: sigmoid twice; breaks: logits"
def discriminator_step(discriminator, generator, real, noise, optimiser) -> tuple[float, float, float]:
    """One step of the discriminator on real pictures and fakes: its loss, and its mean answer to each."""
    bce = F.binary_cross_entropy_with_logits
    optimiser.zero_grad()
    labels = torch.full((len(real),), 1.0)
    scores = discriminator(real).view(-1)
    loss_on_real = bce(scores, labels)
    loss_on_real.backward()
    on_real = torch.sigmoid(scores).mean().item()

    fake = generator(noise)
    labels.fill_(0.0)
    scores = discriminator(fake.detach()).view(-1)
    loss_on_fake = bce(torch.sigmoid(scores), labels)
    loss_on_fake.backward()
    on_fake = torch.sigmoid(scores).mean().item()
    optimiser.step()
    return (loss_on_real + loss_on_fake).item(), on_real, on_fake


# %% wrong="discriminator_step: answers after the step; breaks: before the step"
def discriminator_step(discriminator, generator, real, noise, optimiser) -> tuple[float, float, float]:
    """One step of the discriminator on real pictures and fakes: its loss, and its mean answer to each."""
    bce = F.binary_cross_entropy_with_logits
    optimiser.zero_grad()
    labels = torch.full((len(real),), 1.0)
    scores = discriminator(real).view(-1)
    loss_on_real = bce(scores, labels)
    loss_on_real.backward()
    on_real = torch.sigmoid(scores).mean().item()

    fake = generator(noise)
    labels.fill_(0.0)
    scores = discriminator(fake.detach()).view(-1)
    loss_on_fake = bce(scores, labels)
    loss_on_fake.backward()
    on_fake = torch.sigmoid(scores).mean().item()
    optimiser.step()
    on_fake = torch.sigmoid(discriminator(fake.detach())).mean().item()
    return (loss_on_real + loss_on_fake).item(), on_real, on_fake


# %% wrong="discriminator_step: clears the generator too; breaks: its gradients stay"
def discriminator_step(discriminator, generator, real, noise, optimiser) -> tuple[float, float, float]:
    """One step of the discriminator on real pictures and fakes: its loss, and its mean answer to each."""
    bce = F.binary_cross_entropy_with_logits
    optimiser.zero_grad()
    generator.zero_grad()
    labels = torch.full((len(real),), 1.0)
    scores = discriminator(real).view(-1)
    loss_on_real = bce(scores, labels)
    loss_on_real.backward()
    on_real = torch.sigmoid(scores).mean().item()

    fake = generator(noise)
    labels.fill_(0.0)
    scores = discriminator(fake.detach()).view(-1)
    loss_on_fake = bce(scores, labels)
    loss_on_fake.backward()
    on_fake = torch.sigmoid(scores).mean().item()
    optimiser.step()
    return (loss_on_real + loss_on_fake).item(), on_real, on_fake


# %% right="generator_step: as the text says"
def fooling_losses(logits):
    saturating = -F.softplus(logits)
    non_saturating = F.softplus(-logits)
    return saturating.mean(), non_saturating.mean()


def generator_step(discriminator, generator, noise, optimiser):
    fakes = generator(noise)
    scores = discriminator(fakes).flatten()
    _, loss = fooling_losses(scores)
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item()


# %% right="generator_step: logsigmoid"
def fooling_losses(logits):
    return F.logsigmoid(-logits).mean(), F.logsigmoid(logits).neg().mean()


def generator_step(discriminator, generator, noise, optimiser):
    for p in generator.parameters():
        p.grad = None
    loss = -F.logsigmoid(discriminator(generator(noise))).mean()
    loss.backward()
    optimiser.step()
    discriminator.zero_grad()
    return float(loss.detach())


# %% right="generator_step: logaddexp"
def fooling_losses(logits):
    zero = torch.zeros_like(logits)
    return -torch.logaddexp(zero, logits).mean(), torch.logaddexp(zero, -logits).mean()


def generator_step(discriminator, generator, noise, optimiser):
    scores = discriminator(generator(noise))
    labels = torch.ones_like(scores)
    loss = F.binary_cross_entropy_with_logits(scores, labels)
    generator.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong="generator_step: minus the loss on label 0; breaks: the non-saturating loss"
def fooling_losses(logits: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The means of log(1 − D) and of −log D over the logits (batch,) of fakes."""
    return -F.softplus(logits).mean(), F.softplus(-logits).mean()


def generator_step(discriminator, generator, noise, optimiser) -> float:
    """One step of the generator: its non-saturating loss."""
    optimiser.zero_grad()
    scores = discriminator(generator(noise)).view(-1)
    loss = -F.binary_cross_entropy_with_logits(scores, torch.zeros(len(scores)))
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong="generator_step: returns the loss after the step; breaks: this loss"
def fooling_losses(logits: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The means of log(1 − D) and of −log D over the logits (batch,) of fakes."""
    return -F.softplus(logits).mean(), F.softplus(-logits).mean()


def generator_step(discriminator, generator, noise, optimiser) -> float:
    """One step of the generator: its non-saturating loss."""
    optimiser.zero_grad()
    scores = discriminator(generator(noise)).view(-1)
    loss = F.binary_cross_entropy_with_logits(scores, torch.ones(len(scores)))
    loss.backward()
    optimiser.step()
    scores = discriminator(generator(noise)).view(-1)
    return F.softplus(-scores).mean().item()


# %% wrong="generator_step: noise of its own; breaks: from the noise"
def fooling_losses(logits: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The means of log(1 − D) and of −log D over the logits (batch,) of fakes."""
    return -F.softplus(logits).mean(), F.softplus(-logits).mean()


def generator_step(discriminator, generator, noise, optimiser) -> float:
    """One step of the generator: its non-saturating loss."""
    optimiser.zero_grad()
    scores = discriminator(generator(torch.randn_like(noise))).view(-1)
    loss = F.binary_cross_entropy_with_logits(scores, torch.ones(len(scores)))
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong="generator_step: two steps; breaks: one step"
def fooling_losses(logits: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The means of log(1 − D) and of −log D over the logits (batch,) of fakes."""
    return -F.softplus(logits).mean(), F.softplus(-logits).mean()


def generator_step(discriminator, generator, noise, optimiser) -> float:
    """One step of the generator: its non-saturating loss."""
    optimiser.zero_grad()
    scores = discriminator(generator(noise)).view(-1)
    loss = F.binary_cross_entropy_with_logits(scores, torch.ones(len(scores)))
    loss.backward()
    optimiser.step()
    optimiser.step()
    return loss.item()


# %% wrong="generator_step: logits cut to ±30; breaks: ±500"
def fooling_losses(logits: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The means of log(1 − D) and of −log D over the logits (batch,) of fakes."""
    s = torch.sigmoid(logits.clamp(-30, 30))
    return torch.log1p(-s).mean(), -torch.log(s).mean()


def generator_step(discriminator, generator, noise, optimiser) -> float:
    """One step of the generator: its non-saturating loss."""
    optimiser.zero_grad()
    scores = discriminator(generator(noise)).view(-1)
    loss = F.binary_cross_entropy_with_logits(scores, torch.ones(len(scores)))
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong="generator_step: log D in place of −log D; breaks: −log D"
def fooling_losses(logits: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The means of log(1 − D) and of −log D over the logits (batch,) of fakes."""
    return -F.softplus(logits).mean(), F.logsigmoid(logits).mean()


def generator_step(discriminator, generator, noise, optimiser) -> float:
    """One step of the generator: its non-saturating loss."""
    optimiser.zero_grad()
    scores = discriminator(generator(noise)).view(-1)
    loss = F.binary_cross_entropy_with_logits(scores, torch.ones(len(scores)))
    loss.backward()
    optimiser.step()
    return loss.item()


# %% right="train_gan: filled in as the text says"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.999))
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, betas=(0.5, 0.999))
    history = []
    for _ in range(epochs):
        for real, _ in loader:
            noise = torch.randn(len(real), noise_size, 1, 1)
            told = turn_d(discriminator, generator, real, noise, optimiser_d)
            loss_g = turn_g(discriminator, generator, noise, optimiser_g)
            loss_d, on_real, on_fake = told
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% right="train_gan: optimisers by keyword"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.999))
    optimiser_g = torch.optim.Adam(params=generator.parameters(), lr=lr, betas=(0.5, 0.999))
    history = []
    for _ in range(epochs):
        for real, _ in loader:
            noise = torch.randn(len(real), noise_size, 1, 1)
            told = turn_d(discriminator, generator, real, noise, optimiser_d)
            loss_g = turn_g(discriminator, generator, noise, optimiser_g)
            loss_d, on_real, on_fake = told
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% right="train_gan: shape of the noise from the pictures"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.999))
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, betas=(0.5, 0.999))
    history = []
    for _ in range(epochs):
        for real, _ in loader:
            noise = torch.randn(real.size(0), noise_size, 1, 1)
            told = turn_d(discriminator, generator, real, noise, optimiser_d)
            loss_g = turn_g(discriminator, generator, noise, optimiser_g)
            loss_d, on_real, on_fake = told
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% wrong="train_gan: one epoch; breaks: epochs"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.999))
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, betas=(0.5, 0.999))
    history = []
    for _ in range(1):
        for real, _ in loader:
            noise = torch.randn(len(real), noise_size, 1, 1)
            told = turn_d(discriminator, generator, real, noise, optimiser_d)
            loss_g = turn_g(discriminator, generator, noise, optimiser_g)
            loss_d, on_real, on_fake = told
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% wrong="train_gan: the forger's optimiser for the detective; breaks: an optimiser for each"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.999))
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, betas=(0.5, 0.999))
    history = []
    for _ in range(epochs):
        for real, _ in loader:
            noise = torch.randn(len(real), noise_size, 1, 1)
            told = turn_d(discriminator, generator, real, noise, optimiser_g)
            loss_g = turn_g(discriminator, generator, noise, optimiser_g)
            loss_d, on_real, on_fake = told
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% wrong="train_gan: betas the other way round; breaks: (0.5, 0.999)"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.999))
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, betas=(0.999, 0.5))
    history = []
    for _ in range(epochs):
        for real, _ in loader:
            noise = torch.randn(len(real), noise_size, 1, 1)
            told = turn_d(discriminator, generator, real, noise, optimiser_d)
            loss_g = turn_g(discriminator, generator, noise, optimiser_g)
            loss_d, on_real, on_fake = told
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% wrong="train_gan: plain gradient descent for the detective; breaks: Adam"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.SGD(discriminator.parameters(), lr)
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, betas=(0.5, 0.999))
    history = []
    for _ in range(epochs):
        for real, _ in loader:
            noise = torch.randn(len(real), noise_size, 1, 1)
            told = turn_d(discriminator, generator, real, noise, optimiser_d)
            loss_g = turn_g(discriminator, generator, noise, optimiser_g)
            loss_d, on_real, on_fake = told
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% wrong="train_gan: the same noise in every epoch; breaks: noise of its own"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.999))
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, betas=(0.5, 0.999))
    history = []
    state = torch.get_rng_state()
    for _ in range(epochs):
        torch.set_rng_state(state)
        for real, _ in loader:
            noise = torch.randn(len(real), noise_size, 1, 1)
            told = turn_d(discriminator, generator, real, noise, optimiser_d)
            loss_g = turn_g(discriminator, generator, noise, optimiser_g)
            loss_d, on_real, on_fake = told
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% wrong="train_gan: narrow noise; breaks: standard normal"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.999))
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, betas=(0.5, 0.999))
    history = []
    for _ in range(epochs):
        for real, _ in loader:
            noise = 0.5 * torch.randn(len(real), noise_size, 1, 1)
            told = turn_d(discriminator, generator, real, noise, optimiser_d)
            loss_g = turn_g(discriminator, generator, noise, optimiser_g)
            loss_d, on_real, on_fake = told
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% wrong="train_gan: skips a small last batch; breaks: the last batch may be smaller"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.999))
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, betas=(0.5, 0.999))
    history = []
    for _ in range(epochs):
        for real, _ in loader:
            if history and len(real) < size:
                continue
            size = len(real)
            noise = torch.randn(len(real), noise_size, 1, 1)
            told = turn_d(discriminator, generator, real, noise, optimiser_d)
            loss_g = turn_g(discriminator, generator, noise, optimiser_g)
            loss_d, on_real, on_fake = told
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% right="gram: bmm"
def gram(maps):
    flat = maps.flatten(2)
    return torch.bmm(flat, flat.mT) / flat.shape[2]


def transfer_cost(maps, content, style, weight):
    content_cost = torch.mean((maps[-1] - content) ** 2)
    style_cost = 0
    for layer, wanted in zip(maps, style):
        style_cost = style_cost + torch.mean((gram(layer) - wanted) ** 2)
    return content_cost + weight * style_cost


# %% right="gram: einsum of flat maps"
def gram(maps):
    flat = maps.reshape(*maps.shape[:2], -1)
    return torch.einsum("bip,bjp->bij", flat, flat).div(flat.size(-1))


def transfer_cost(maps, content, style, weight):
    return F.mse_loss(maps[-1], content) + weight * sum(F.mse_loss(gram(a), b) for a, b in zip(maps, style))


# %% right="gram: one picture after the other"
def gram(maps):
    tables = []
    for one in maps:
        rows = one.reshape(one.shape[0], -1)
        tables.append(rows @ rows.t() / rows.shape[1])
    return torch.stack(tables)


def transfer_cost(maps, content, style, weight):
    total = (maps[-1] - content).square().mean()
    for k in range(len(maps)):
        total = total + weight * (gram(maps[k]) - style[k]).square().mean()
    return total


# %% wrong="gram: divided by the height twice; breaks: not square"
def gram(maps: torch.Tensor) -> torch.Tensor:
    """The Gram matrices (batch, channels, channels) of maps (batch, channels, height, width)."""
    return torch.einsum("bchw,bdhw->bcd", maps, maps) / maps.shape[2] ** 2


def transfer_cost(maps: list, content: torch.Tensor, style: list, weight: float) -> torch.Tensor:
    """Content plus weight times style, for the maps of a picture at each layer."""
    places = [one.shape[2] * one.shape[3] for one in maps]
    grams = [torch.einsum("bchw,bdhw->bcd", one, one) / n for one, n in zip(maps, places, strict=True)]
    style_cost = sum(((ours - theirs) ** 2).mean() for ours, theirs in zip(grams, style, strict=True))
    return ((maps[-1] - content) ** 2).mean() + weight * style_cost


# %% wrong="gram: channels scaled to length one; breaks: plain products"
def gram(maps: torch.Tensor) -> torch.Tensor:
    """The Gram matrices (batch, channels, channels) of maps (batch, channels, height, width)."""
    maps = F.normalize(maps, dim=1)
    return torch.einsum("bchw,bdhw->bcd", maps, maps) / (maps.shape[2] * maps.shape[3])


def transfer_cost(maps: list, content: torch.Tensor, style: list, weight: float) -> torch.Tensor:
    """Content plus weight times style, for the maps of a picture at each layer."""
    places = [one.shape[2] * one.shape[3] for one in maps]
    grams = [torch.einsum("bchw,bdhw->bcd", one, one) / n for one, n in zip(maps, places, strict=True)]
    style_cost = sum(((ours - theirs) ** 2).mean() for ours, theirs in zip(grams, style, strict=True))
    return ((maps[-1] - content) ** 2).mean() + weight * style_cost


# %% wrong="gram: detached targets and maps of the style; breaks: gradients"
def gram(maps: torch.Tensor) -> torch.Tensor:
    """The Gram matrices (batch, channels, channels) of maps (batch, channels, height, width)."""
    return torch.einsum("bchw,bdhw->bcd", maps, maps) / (maps.shape[2] * maps.shape[3])


def transfer_cost(maps: list, content: torch.Tensor, style: list, weight: float) -> torch.Tensor:
    """Content plus weight times style, for the maps of a picture at each layer."""
    places = [one.shape[2] * one.shape[3] for one in maps]
    grams = [
        torch.einsum("bchw,bdhw->bcd", one.detach(), one.detach()) / n for one, n in zip(maps, places, strict=True)
    ]
    style_cost = sum(((ours - theirs) ** 2).mean() for ours, theirs in zip(grams, style, strict=True))
    return ((maps[-1] - content) ** 2).mean() + weight * style_cost


# %% wrong="gram: content over all layers' last channel; breaks: the last layer's maps"
def gram(maps: torch.Tensor) -> torch.Tensor:
    """The Gram matrices (batch, channels, channels) of maps (batch, channels, height, width)."""
    return torch.einsum("bchw,bdhw->bcd", maps, maps) / (maps.shape[2] * maps.shape[3])


def transfer_cost(maps: list, content: torch.Tensor, style: list, weight: float) -> torch.Tensor:
    """Content plus weight times style, for the maps of a picture at each layer."""
    places = [one.shape[2] * one.shape[3] for one in maps]
    grams = [torch.einsum("bchw,bdhw->bcd", one, one) / n for one, n in zip(maps, places, strict=True)]
    style_cost = sum(((ours - theirs) ** 2).mean() for ours, theirs in zip(grams, style, strict=True))
    return ((maps[-1][:, -1:] - content[:, -1:]) ** 2).mean() + weight * style_cost


# %% wrong="gram: roots of the costs; breaks: mean squared"
def gram(maps: torch.Tensor) -> torch.Tensor:
    """The Gram matrices (batch, channels, channels) of maps (batch, channels, height, width)."""
    return torch.einsum("bchw,bdhw->bcd", maps, maps) / (maps.shape[2] * maps.shape[3])


def transfer_cost(maps: list, content: torch.Tensor, style: list, weight: float) -> torch.Tensor:
    """Content plus weight times style, for the maps of a picture at each layer."""
    places = [one.shape[2] * one.shape[3] for one in maps]
    grams = [torch.einsum("bchw,bdhw->bcd", one, one) / n for one, n in zip(maps, places, strict=True)]
    style_cost = sum(((ours - theirs) ** 2).mean() for ours, theirs in zip(grams, style, strict=True))
    return ((maps[-1] - content) ** 2).mean().sqrt() + weight * style_cost


# %% wrong="gram: weights that halve from layer to layer; breaks: the sum"
def gram(maps: torch.Tensor) -> torch.Tensor:
    """The Gram matrices (batch, channels, channels) of maps (batch, channels, height, width)."""
    return torch.einsum("bchw,bdhw->bcd", maps, maps) / (maps.shape[2] * maps.shape[3])


def transfer_cost(maps: list, content: torch.Tensor, style: list, weight: float) -> torch.Tensor:
    """Content plus weight times style, for the maps of a picture at each layer."""
    places = [one.shape[2] * one.shape[3] for one in maps]
    grams = [torch.einsum("bchw,bdhw->bcd", one, one) / n for one, n in zip(maps, places, strict=True)]
    style_cost = sum(((a - b) ** 2).mean() / 2**k for k, (a, b) in enumerate(zip(grams, style, strict=True)))
    return ((maps[-1] - content) ** 2).mean() + weight * style_cost


# %% right="fgsm: filled in as the text says"
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
            if len(fooled) < keep:
                fooled.append((before[place].item(), after[place].item(), attacked[place]))
    return right / seen, fooled


# %% right="fgsm: detached leaf, float shares"
def fgsm(x: torch.Tensor, grad: torch.Tensor, epsilon: float) -> torch.Tensor:
    """Pictures from 0 to 1, each pixel moved by epsilon in the direction in which the loss grows."""
    attacked = x + epsilon * grad.sign()
    return attacked.clamp(0, 1)


def under_attack(net, loader, epsilon: float, keep: int = 5) -> tuple[float, list]:
    """The share that is read correctly after the attack, and some that were read correctly before and are not now."""
    net.eval()
    right, seen, fooled = 0, 0, []
    for x, y in loader:
        x = x.detach().clone().requires_grad_(True)
        scores = net(x)
        before = scores.argmax(dim=1)
        net.zero_grad()
        F.cross_entropy(scores, y).backward()
        attacked = fgsm(x.detach(), x.grad, epsilon)
        after = net(attacked).argmax(dim=1)
        right += int((after == y).sum())
        seen += len(y)
        for place in torch.nonzero((before == y) & (after != y))[:, 0].tolist():
            if len(fooled) < keep:
                fooled.append((before[place].item(), after[place].item(), attacked[place]))
    return right / seen, fooled


# %% right="fgsm: clip by min and max"
def fgsm(x: torch.Tensor, grad: torch.Tensor, epsilon: float) -> torch.Tensor:
    """Pictures from 0 to 1, each pixel moved by epsilon in the direction in which the loss grows."""
    attacked = x + epsilon * grad.sign()
    return torch.clamp(attacked, min=0, max=1)


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


# %% wrong="fgsm: two steps of half the size; breaks: one step of its own loss"
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
        attacked = fgsm(attacked, x.grad, epsilon / 2)
        after = net(attacked).argmax(dim=1)
        right += (after == y).sum().item()
        seen += len(y)
        for place in torch.nonzero((before == y) & (after != y))[:, 0].tolist():
            if len(fooled) < keep:
                fooled.append((before[place].item(), after[place].item(), attacked[place]))
    return right / seen, fooled


# %% wrong="fgsm: rounds the slope; breaks: the sign"
def fgsm(x: torch.Tensor, grad: torch.Tensor, epsilon: float) -> torch.Tensor:
    """Pictures from 0 to 1, each pixel moved by epsilon in the direction in which the loss grows."""
    attacked = x + epsilon * grad.round().sign()
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


# %% wrong="fgsm: only pictures that were right are attacked; breaks: every picture"
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
        after = torch.where(before == y, after, y)
        right += (after == y).sum().item()
        seen += len(y)
        for place in torch.nonzero((before == y) & (after != y))[:, 0].tolist():
            if len(fooled) < keep:
                fooled.append((before[place].item(), after[place].item(), attacked[place]))
    return right / seen, fooled


# %% wrong="fgsm: clean pictures kept as examples; breaks: the attacked picture"
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
            if len(fooled) < keep:
                fooled.append((before[place].item(), after[place].item(), x[place].detach()))
    return right / seen, fooled


# %% wrong="fgsm: gradients of labels swapped; breaks: its own loss"
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
        F.cross_entropy(scores, y.flip(0)).backward()
        attacked = fgsm(x.detach(), x.grad, epsilon)
        after = net(attacked).argmax(dim=1)
        right += (after == y).sum().item()
        seen += len(y)
        for place in torch.nonzero((before == y) & (after != y))[:, 0].tolist():
            if len(fooled) < keep:
                fooled.append((before[place].item(), after[place].item(), attacked[place]))
    return right / seen, fooled


# %% wrong="fgsm: the loop ends when enough are fooled; breaks: all pictures count"
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
            if len(fooled) < keep:
                fooled.append((before[place].item(), after[place].item(), attacked[place]))
        if len(fooled) >= keep:
            break
    return right / seen, fooled


# %% right="attack_figure: filled in as the text says"
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
    figure.colorbar(heat, ax=axes[1])
    axes[2].imshow(after, cmap="gray_r", vmin=0, vmax=1)
    for axis in axes:
        axis.set_axis_off()
    return figure


# %% right="attack_figure: a colour bar by plt"
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
    plt.colorbar(heat, ax=axes[1])
    axes[2].imshow(after, cmap="gray_r", vmin=0, vmax=1)
    for axis in axes:
        axis.set_axis_off()
    return figure


# %% right="attack_figure: another order of methods"
def attack_figure(picture: torch.Tensor, attacked: torch.Tensor):
    """A figure: the picture, the change, the attacked picture, and a colour bar for the change."""
    pair = (picture, attacked)
    arrays = [one.detach().cpu().squeeze().numpy() for one in pair]
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


# %% wrong="attack_figure: the largest value, not the largest size; breaks: symmetric around zero"
def attack_figure(picture: torch.Tensor, attacked: torch.Tensor):
    """A figure: the picture, the change, the attacked picture, and a colour bar for the change."""
    pair = (picture, attacked)
    arrays = [one.squeeze().detach().cpu().numpy() for one in pair]
    before, after = arrays
    change = after - before
    reach = abs(change).max()
    figure, axes = plt.subplots(1, 3, figsize=(9, 2.8))
    axes[0].imshow(before, cmap="gray_r", vmin=0, vmax=1)
    heat = axes[1].imshow(change, cmap="coolwarm", vmin=change.min(), vmax=change.max())
    figure.colorbar(heat, ax=axes[1])
    axes[2].imshow(after, cmap="gray_r", vmin=0, vmax=1)
    for axis in axes:
        axis.set_axis_off()
    return figure


# %% wrong="attack_figure: the bar at the first picture; breaks: a colour bar for the change"
def attack_figure(picture: torch.Tensor, attacked: torch.Tensor):
    """A figure: the picture, the change, the attacked picture, and a colour bar for the change."""
    pair = (picture, attacked)
    arrays = [one.squeeze().detach().cpu().numpy() for one in pair]
    before, after = arrays
    change = after - before
    reach = abs(change).max()
    figure, axes = plt.subplots(1, 3, figsize=(9, 2.8))
    heat = axes[0].imshow(before, cmap="gray_r", vmin=0, vmax=1)
    axes[1].imshow(change, cmap="coolwarm", vmin=-reach, vmax=reach)
    figure.colorbar(heat, ax=axes[0])
    axes[2].imshow(after, cmap="gray_r", vmin=0, vmax=1)
    for axis in axes:
        axis.set_axis_off()
    return figure


# %% wrong="attack_figure: the change on top of the picture; breaks: the change"
def attack_figure(picture: torch.Tensor, attacked: torch.Tensor):
    """A figure: the picture, the change, the attacked picture, and a colour bar for the change."""
    pair = (picture, attacked)
    arrays = [one.squeeze().detach().cpu().numpy() for one in pair]
    before, after = arrays
    change = after - before
    reach = abs(change).max()
    figure, axes = plt.subplots(1, 3, figsize=(9, 2.8))
    axes[0].imshow(before, cmap="gray_r", vmin=0, vmax=1)
    heat = axes[1].imshow(before + change, cmap="coolwarm", vmin=-reach, vmax=reach)
    figure.colorbar(heat, ax=axes[1])
    axes[2].imshow(after, cmap="gray_r", vmin=0, vmax=1)
    for axis in axes:
        axis.set_axis_off()
    return figure


# %% wrong="attack_figure: upside down; breaks: the picture"
def attack_figure(picture: torch.Tensor, attacked: torch.Tensor):
    """A figure: the picture, the change, the attacked picture, and a colour bar for the change."""
    pair = (picture, attacked)
    arrays = [one.squeeze().detach().cpu().numpy() for one in pair]
    before, after = arrays[0], arrays[1][::-1]
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


# %% wrong="attack_figure: two pictures; breaks: three in a row"
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
    figure.colorbar(heat, ax=axes[1])
    for axis in axes:
        axis.set_axis_off()
    return figure


# %% wrong="attack_figure: the sign of the change; breaks: the change"
def attack_figure(picture: torch.Tensor, attacked: torch.Tensor):
    """A figure: the picture, the change, the attacked picture, and a colour bar for the change."""
    pair = (picture, attacked)
    arrays = [one.squeeze().detach().cpu().numpy() for one in pair]
    before, after = arrays
    change = np.sign(after - before)
    reach = abs(change).max()
    figure, axes = plt.subplots(1, 3, figsize=(9, 2.8))
    axes[0].imshow(before, cmap="gray_r", vmin=0, vmax=1)
    heat = axes[1].imshow(change, cmap="coolwarm", vmin=-reach, vmax=reach)
    figure.colorbar(heat, ax=axes[1])
    axes[2].imshow(after, cmap="gray_r", vmin=0, vmax=1)
    for axis in axes:
        axis.set_axis_off()
    return figure


# %% right="worst_score: norm by torch"
def worst_score(w, b, x, epsilon):
    s = torch.mv(x, w) + b
    return s - torch.sign(s) * (epsilon * torch.norm(w, p=1))


def smallest_epsilon(w, b, x):
    return torch.abs(torch.mv(x, w) + b) / torch.norm(w, p=1)


# %% right="worst_score: pixel by pixel"
def worst_score(w, b, x, epsilon):
    s = x @ w + b
    for one in w:
        s = s - torch.sign(x @ w + b) * epsilon * abs(one)
    return s


def smallest_epsilon(w, b, x):
    return (x @ w + b).abs().div(w.abs().sum())


# %% right="worst_score: up and down"
def worst_score(w, b, x, epsilon):
    s = F.linear(x, w[None])[:, 0] + b
    total = epsilon * sum(w.abs())
    down, up = s - total, s + total
    return torch.where(s > 0, down, torch.where(s < 0, up, s))


def smallest_epsilon(w, b, x):
    s = F.linear(x, w[None])[:, 0] + b
    return s.abs() / sum(w.abs())


# %% wrong="worst_score: the largest weight alone; breaks: all pixels together"
def worst_score(w: torch.Tensor, b: float, x: torch.Tensor, epsilon: float) -> torch.Tensor:
    """The scores (batch,) of attacked pictures x (batch, pixels), for weights w (pixels,)."""
    score = x @ w + b
    return score - score.sign() * epsilon * w.abs().max()


def smallest_epsilon(w: torch.Tensor, b: float, x: torch.Tensor) -> torch.Tensor:
    """The smallest epsilon (batch,) that brings each score to 0."""
    return (x @ w + b).abs() / w.abs().sum()


# %% wrong="worst_score: moves along the weights, not their signs; breaks: each pixel by ε"
def worst_score(w: torch.Tensor, b: float, x: torch.Tensor, epsilon: float) -> torch.Tensor:
    """The scores (batch,) of attacked pictures x (batch, pixels), for weights w (pixels,)."""
    score = x @ w + b
    return score - score.sign() * epsilon * (w * w).sum()


def smallest_epsilon(w: torch.Tensor, b: float, x: torch.Tensor) -> torch.Tensor:
    """The smallest epsilon (batch,) that brings each score to 0."""
    return (x @ w + b).abs() / w.abs().sum()


# %% wrong="worst_score: the sign of the first picture for all; breaks: each picture"
def worst_score(w: torch.Tensor, b: float, x: torch.Tensor, epsilon: float) -> torch.Tensor:
    """The scores (batch,) of attacked pictures x (batch, pixels), for weights w (pixels,)."""
    score = x @ w + b
    return score - score[0].sign() * epsilon * w.abs().sum()


def smallest_epsilon(w: torch.Tensor, b: float, x: torch.Tensor) -> torch.Tensor:
    """The smallest epsilon (batch,) that brings each score to 0."""
    return (x @ w + b).abs() / w.abs().sum()


# %% wrong="worst_score: pixels without ink stay; breaks: every pixel"
def worst_score(w: torch.Tensor, b: float, x: torch.Tensor, epsilon: float) -> torch.Tensor:
    """The scores (batch,) of attacked pictures x (batch, pixels), for weights w (pixels,)."""
    score = x @ w + b
    return score - score.sign() * epsilon * ((x != 0) * w.abs()).sum(dim=1).clamp(max=2)


def smallest_epsilon(w: torch.Tensor, b: float, x: torch.Tensor) -> torch.Tensor:
    """The smallest epsilon (batch,) that brings each score to 0."""
    return (x @ w + b).abs() / w.abs().sum()


# %% wrong="worst_score: the bias scaled too; breaks: the score"
def worst_score(w: torch.Tensor, b: float, x: torch.Tensor, epsilon: float) -> torch.Tensor:
    """The scores (batch,) of attacked pictures x (batch, pixels), for weights w (pixels,)."""
    score = x @ w + b
    return score - score.sign() * epsilon * w.abs().sum()


def smallest_epsilon(w: torch.Tensor, b: float, x: torch.Tensor) -> torch.Tensor:
    """The smallest epsilon (batch,) that brings each score to 0."""
    return (x @ w).abs() / w.abs().sum() + abs(b)


# %% wrong="worst_score: the smallest over the batch; breaks: one for each picture"
def worst_score(w: torch.Tensor, b: float, x: torch.Tensor, epsilon: float) -> torch.Tensor:
    """The scores (batch,) of attacked pictures x (batch, pixels), for weights w (pixels,)."""
    score = x @ w + b
    return score - score.sign() * epsilon * w.abs().sum()


def smallest_epsilon(w: torch.Tensor, b: float, x: torch.Tensor) -> torch.Tensor:
    """The smallest epsilon (batch,) that brings each score to 0."""
    return ((x @ w + b).abs() / w.abs().sum()).min().expand(len(x))


# %% right="attack_normalised: limits as numbers of their own"
def attack_normalised(net, x: torch.Tensor, y: torch.Tensor, epsilon: float, mean: float, std: float) -> torch.Tensor:
    """Attacked pictures, normalised as x (batch, ...) is; epsilon is in ink, from 0 to 1, before normalising."""
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    attacked = x + epsilon / std * grad.sign()
    low, high = -mean / std, (1 - mean) / std
    return attacked.clamp(low, high).detach()
    return attacked.clamp((0 - mean) / std, (1 - mean) / std).detach()


# %% right="attack_normalised: back to ink first"
def attack_normalised(net, x: torch.Tensor, y: torch.Tensor, epsilon: float, mean: float, std: float) -> torch.Tensor:
    """Attacked pictures, normalised as x (batch, ...) is; epsilon is in ink, from 0 to 1, before normalising."""
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    attacked = x + epsilon / std * grad.sign()
    return (((attacked * std + mean).clamp(0, 1) - mean) / std).detach()


# %% right="attack_normalised: min and max in a row"
def attack_normalised(net, x: torch.Tensor, y: torch.Tensor, epsilon: float, mean: float, std: float) -> torch.Tensor:
    """Attacked pictures, normalised as x (batch, ...) is; epsilon is in ink, from 0 to 1, before normalising."""
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    attacked = x + epsilon / std * grad.sign()
    return attacked.clamp(min=(0 - mean) / std).clamp(max=(1 - mean) / std).detach()


# %% wrong="attack_normalised: MNIST's limits for everybody; breaks: any mean and std"
def attack_normalised(net, x: torch.Tensor, y: torch.Tensor, epsilon: float, mean: float, std: float) -> torch.Tensor:
    """Attacked pictures, normalised as x (batch, ...) is; epsilon is in ink, from 0 to 1, before normalising."""
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    attacked = x + epsilon / std * grad.sign()
    return attacked.clamp(-0.4242, 2.8215).detach()


# %% wrong="attack_normalised: returns early for ε = 0; breaks: limits"
def attack_normalised(net, x: torch.Tensor, y: torch.Tensor, epsilon: float, mean: float, std: float) -> torch.Tensor:
    """Attacked pictures, normalised as x (batch, ...) is; epsilon is in ink, from 0 to 1, before normalising."""
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    attacked = x + epsilon / std * grad.sign()
    return x.detach().clone() if epsilon == 0 else attacked.clamp(0, 1).detach()


# %% wrong="attack_normalised: the mean added; breaks: limits"
def attack_normalised(net, x: torch.Tensor, y: torch.Tensor, epsilon: float, mean: float, std: float) -> torch.Tensor:
    """Attacked pictures, normalised as x (batch, ...) is; epsilon is in ink, from 0 to 1, before normalising."""
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    attacked = x + epsilon / std * grad.sign()
    return attacked.clamp((0 + mean) / std, (1 + mean) / std).detach()


# %% wrong="attack_normalised: ε multiplied; breaks: ε in ink"
def attack_normalised(net, x: torch.Tensor, y: torch.Tensor, epsilon: float, mean: float, std: float) -> torch.Tensor:
    """Attacked pictures, normalised as x (batch, ...) is; epsilon is in ink, from 0 to 1, before normalising."""
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    attacked = x + epsilon * std * grad.sign()
    return attacked.clamp((0 - mean) / std, (1 - mean) / std).detach()


# %% wrong="attack_normalised: smallest and largest of the pictures; breaks: none and full"
def attack_normalised(net, x: torch.Tensor, y: torch.Tensor, epsilon: float, mean: float, std: float) -> torch.Tensor:
    """Attacked pictures, normalised as x (batch, ...) is; epsilon is in ink, from 0 to 1, before normalising."""
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    attacked = x + epsilon / std * grad.sign()
    return attacked.clamp(x.min().item() - 0.1, x.max().item() + 0.1).detach()


# %% wrong="attack_normalised: std forgotten in the limits; breaks: limits"
def attack_normalised(net, x: torch.Tensor, y: torch.Tensor, epsilon: float, mean: float, std: float) -> torch.Tensor:
    """Attacked pictures, normalised as x (batch, ...) is; epsilon is in ink, from 0 to 1, before normalising."""
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    attacked = x + epsilon / std * grad.sign()
    return attacked.clamp(0 - mean, 1 - mean).detach()
