# Answers to the exercises of 1_codes.py, right and wrong: what `course audit` grades. No student sees them.

# %% right="Autoencoder: losses another way"
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
    return F.mse_loss(drawing, x, reduction="sum") / len(x)


def ink_loss(logits: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return F.binary_cross_entropy_with_logits(logits, x) * x.shape[1]


# %% right="Autoencoder: layers one by one"
class Autoencoder(nn.Module):
    def __init__(self, pixels, hidden, codes):
        super().__init__()
        sizes = [pixels, hidden, codes]
        self.encoder = self.ladder(sizes)
        self.decoder = self.ladder(sizes[::-1])

    @staticmethod
    def ladder(sizes):
        first, second = (nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))
        return nn.Sequential(first, nn.ReLU(), second)

    def forward(self, x):
        z = self.encoder(x)
        return z, self.decoder(z)


def squared_loss(drawing, x):
    return torch.stack([(a - b).square().sum() for a, b in zip(drawing, x)]).mean()


def ink_loss(logits, x):
    return (F.softplus(logits) - x * logits).sum(dim=1).mean()


# %% wrong="Autoencoder: a mean over pixels too"
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
    return ((drawing - x) ** 2).mean()


def ink_loss(logits: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)


# %% wrong="Autoencoder: ink averaged over pixels"
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
    return F.binary_cross_entropy_with_logits(logits, x, reduction="mean")


# %% wrong="Autoencoder: ink of all pictures added up"
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
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum")


# %% wrong="Autoencoder: the drawing of the picture's own copy"
class Autoencoder(nn.Module):
    """Pictures (batch, pixels) to their codes (batch, codes) and to logits (batch, pixels) of their drawings."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        z = self.encoder(x)
        return z, x


def squared_loss(drawing: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Squared differences, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return ((drawing - x) ** 2).sum(dim=1).mean()


def ink_loss(logits: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)


# %% wrong="Autoencoder: a loss without a slope"
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
    return ((drawing.detach() - x) ** 2).sum(dim=1).mean()


def ink_loss(logits: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)


# %% wrong="Autoencoder: no slope comes back through the code"
class Autoencoder(nn.Module):
    """Pictures (batch, pixels) to their codes (batch, codes) and to logits (batch, pixels) of their drawings."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        z = self.encoder(x)
        return z, self.decoder(z.detach())


def squared_loss(drawing: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Squared differences, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return ((drawing - x) ** 2).sum(dim=1).mean()


def ink_loss(logits: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)


# %% wrong="Autoencoder: the decoder is not a mirror"
class Autoencoder(nn.Module):
    """Pictures (batch, pixels) to their codes (batch, codes) and to logits (batch, pixels) of their drawings."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, codes))
        self.decoder = nn.Sequential(nn.Linear(codes, codes), nn.ReLU(), nn.Linear(codes, pixels))

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        z = self.encoder(x)
        return z, self.decoder(z)


def squared_loss(drawing: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Squared differences, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return ((drawing - x) ** 2).sum(dim=1).mean()


def ink_loss(logits: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)


# %% wrong="Autoencoder: drawing first"
class Autoencoder(nn.Module):
    """Pictures (batch, pixels) to their codes (batch, codes) and to logits (batch, pixels) of their drawings."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        z = self.encoder(x)
        return self.decoder(z), z


def squared_loss(drawing: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Squared differences, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return ((drawing - x) ** 2).sum(dim=1).mean()


def ink_loss(logits: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)


# %% wrong="Autoencoder: differences that are not squared"
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
    return ((drawing - x).abs()).sum(dim=1).mean()


def ink_loss(logits: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)


# %% wrong="Autoencoder: the sum goes over pictures"
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
    return ((drawing - x) ** 2).sum(dim=0).mean()


def ink_loss(logits: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)


# %% right="plane: loops"
def in_between(start, end, n):
    return torch.stack([start + (end - start) * k / (n - 1) for k in range(n)])


def plane(decode, low, high, n):
    rows = []
    for row in range(n):
        z2 = high - (high - low) * row / (n - 1)
        tiles = []
        for column in range(n):
            z1 = low + (high - low) * column / (n - 1)
            picture = decode(torch.tensor([[z1, z2]]))[0]
            side = round(len(picture) ** 0.5)
            tiles.append(picture.reshape(side, side))
        rows.append(torch.cat(tiles, dim=1))
    return torch.cat(rows, dim=0)


# %% right="plane: meshgrid and lerp"
def in_between(start, end, n):
    return torch.lerp(start[None], end[None], torch.linspace(0, 1, n).to(start.dtype)[:, None])


def plane(decode, low, high, n):
    z1, z2 = torch.meshgrid(torch.linspace(low, high, n), torch.linspace(high, low, n), indexing="xy")
    pictures = decode(torch.stack([z1.flatten(), z2.flatten()], dim=1))
    side = int(round(pictures.shape[1] ** 0.5))
    rows = pictures.reshape(n, n * side * side)
    return torch.cat([torch.cat(list(row.reshape(n, side, side)), dim=1) for row in rows])


# %% wrong="plane: the second number grows downwards"
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
    return pictures.reshape(n, n, side, side).permute(0, 2, 1, 3).reshape(n * side, n * side)


# %% wrong="plane: the numbers swapped"
def in_between(start: torch.Tensor, end: torch.Tensor, n: int) -> torch.Tensor:
    """n codes (n, codes) from start (codes,) to end (codes,)."""
    share = torch.linspace(0, 1, n, dtype=start.dtype)[:, None]
    return start + share * (end - start)


def plane(decode, low: float, high: float, n: int) -> torch.Tensor:
    """The map (n * side, n * side) of what decode draws for the codes from low to high."""
    places = torch.linspace(low, high, n)
    codes = torch.stack([places.flip(0).repeat_interleave(n), places.repeat(n)], dim=1)
    pictures = decode(codes)
    side = math.isqrt(pictures.shape[1])
    return pictures.reshape(n, n, side, side).permute(0, 2, 1, 3).reshape(n * side, n * side)


# %% wrong="plane: pictures cut into strips"
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
    return pictures.reshape(n, n, side, side).reshape(n * side, n * side)


# %% wrong="plane: each picture on its side"
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


# %% wrong="plane: the end is left out"
def in_between(start: torch.Tensor, end: torch.Tensor, n: int) -> torch.Tensor:
    """n codes (n, codes) from start (codes,) to end (codes,)."""
    share = (torch.arange(n, dtype=start.dtype) / n)[:, None]
    return start + share * (end - start)


def plane(decode, low: float, high: float, n: int) -> torch.Tensor:
    """The map (n * side, n * side) of what decode draws for the codes from low to high."""
    places = torch.linspace(low, high, n)
    codes = torch.stack([places.repeat(n), places.flip(0).repeat_interleave(n)], dim=1)
    pictures = decode(codes)
    side = math.isqrt(pictures.shape[1])
    return pictures.reshape(n, n, side, side).permute(0, 2, 1, 3).reshape(n * side, n * side)


# %% wrong="plane: a map from −high to high"
def in_between(start: torch.Tensor, end: torch.Tensor, n: int) -> torch.Tensor:
    """n codes (n, codes) from start (codes,) to end (codes,)."""
    share = torch.linspace(0, 1, n, dtype=start.dtype)[:, None]
    return start + share * (end - start)


def plane(decode, low: float, high: float, n: int) -> torch.Tensor:
    """The map (n * side, n * side) of what decode draws for the codes from low to high."""
    places = torch.linspace(-high, high, n)
    codes = torch.stack([places.repeat(n), places.flip(0).repeat_interleave(n)], dim=1)
    pictures = decode(codes)
    side = math.isqrt(pictures.shape[1])
    return pictures.reshape(n, n, side, side).permute(0, 2, 1, 3).reshape(n * side, n * side)


# %% wrong="plane: from the end to the start"
def in_between(start: torch.Tensor, end: torch.Tensor, n: int) -> torch.Tensor:
    """n codes (n, codes) from start (codes,) to end (codes,)."""
    share = torch.linspace(0, 1, n, dtype=start.dtype)[:, None]
    return end + share * (start - end)


def plane(decode, low: float, high: float, n: int) -> torch.Tensor:
    """The map (n * side, n * side) of what decode draws for the codes from low to high."""
    places = torch.linspace(low, high, n)
    codes = torch.stack([places.repeat(n), places.flip(0).repeat_interleave(n)], dim=1)
    pictures = decode(codes)
    side = math.isqrt(pictures.shape[1])
    return pictures.reshape(n, n, side, side).permute(0, 2, 1, 3).reshape(n * side, n * side)


# %% wrong="plane: always pictures of 28 pixels"
def in_between(start: torch.Tensor, end: torch.Tensor, n: int) -> torch.Tensor:
    """n codes (n, codes) from start (codes,) to end (codes,)."""
    share = torch.linspace(0, 1, n, dtype=start.dtype)[:, None]
    return start + share * (end - start)


def plane(decode, low: float, high: float, n: int) -> torch.Tensor:
    """The map (n * side, n * side) of what decode draws for the codes from low to high."""
    places = torch.linspace(low, high, n)
    codes = torch.stack([places.repeat(n), places.flip(0).repeat_interleave(n)], dim=1)
    pictures = decode(codes)
    side = 28
    return pictures.reshape(n, n, side, side).permute(0, 2, 1, 3).reshape(n * side, n * side)


# %% right="who: torch's triplet parts"
def triplet_loss(anchor, positive, negative, margin):
    near = torch.einsum("nc,nc->n", anchor - positive, anchor - positive)
    far = torch.einsum("nc,nc->n", anchor - negative, anchor - negative)
    return F.relu(near - far + margin).mean()


def recognise(code, known, names, limit):
    pairs = [(float(((code - one) ** 2).sum()), name) for one, name in zip(known, names)]
    distance, name = min(pairs, key=lambda pair: pair[0])
    return name if distance <= limit else None


# %% right="who: sums and a loop"
def triplet_loss(anchor, positive, negative, margin):
    total = 0
    for a, p, n in zip(anchor, positive, negative):
        one = ((a - p) ** 2).sum() - ((a - n) ** 2).sum() + margin
        total = total + torch.where(one > 0, one, torch.zeros_like(one))
    return total / len(anchor)


def recognise(code, known, names, limit):
    best, nearest = None, None
    for one, name in zip(known, names):
        distance = float(((code - one) ** 2).sum())
        if distance <= limit and (nearest is None or distance < nearest):
            best, nearest = name, distance
    return best


# %% wrong="who: the max outside the mean"
def triplet_loss(anchor, positive, negative, margin: float) -> torch.Tensor:
    """The mean loss () of triplets of codes, each (batch, codes)."""
    near, far = ((anchor - other).square().sum(dim=1) for other in (positive, negative))
    return (near - far + margin).mean().clamp(min=0)


def recognise(code: torch.Tensor, known: torch.Tensor, names: list[str], limit: float) -> str | None:
    """The name of the nearest of the known codes (people, codes), unless it is too far from code (codes,)."""
    distances = (known - code).square().sum(dim=1)
    nearest = int(distances.argmin())
    return names[nearest] if distances[nearest] <= limit else None


# %% wrong="who: distances that are not squared"
def triplet_loss(anchor, positive, negative, margin: float) -> torch.Tensor:
    """The mean loss () of triplets of codes, each (batch, codes)."""
    near, far = ((anchor - other).norm(dim=1) for other in (positive, negative))
    return (near - far + margin).clamp(min=0).mean()


def recognise(code: torch.Tensor, known: torch.Tensor, names: list[str], limit: float) -> str | None:
    """The name of the nearest of the known codes (people, codes), unless it is too far from code (codes,)."""
    distances = (known - code).square().sum(dim=1)
    nearest = int(distances.argmin())
    return names[nearest] if distances[nearest] <= limit else None


# %% wrong="who: near and far swapped"
def triplet_loss(anchor, positive, negative, margin: float) -> torch.Tensor:
    """The mean loss () of triplets of codes, each (batch, codes)."""
    near, far = ((anchor - other).square().sum(dim=1) for other in (positive, negative))
    return (far - near + margin).clamp(min=0).mean()


def recognise(code: torch.Tensor, known: torch.Tensor, names: list[str], limit: float) -> str | None:
    """The name of the nearest of the known codes (people, codes), unless it is too far from code (codes,)."""
    distances = (known - code).square().sum(dim=1)
    nearest = int(distances.argmin())
    return names[nearest] if distances[nearest] <= limit else None


# %% wrong="who: the margin subtracted"
def triplet_loss(anchor, positive, negative, margin: float) -> torch.Tensor:
    """The mean loss () of triplets of codes, each (batch, codes)."""
    near, far = ((anchor - other).square().sum(dim=1) for other in (positive, negative))
    return (near - far - margin).clamp(min=0).mean()


def recognise(code: torch.Tensor, known: torch.Tensor, names: list[str], limit: float) -> str | None:
    """The name of the nearest of the known codes (people, codes), unless it is too far from code (codes,)."""
    distances = (known - code).square().sum(dim=1)
    nearest = int(distances.argmin())
    return names[nearest] if distances[nearest] <= limit else None


# %% wrong="who: never a stranger"
def triplet_loss(anchor, positive, negative, margin: float) -> torch.Tensor:
    """The mean loss () of triplets of codes, each (batch, codes)."""
    near, far = ((anchor - other).square().sum(dim=1) for other in (positive, negative))
    return (near - far + margin).clamp(min=0).mean()


def recognise(code: torch.Tensor, known: torch.Tensor, names: list[str], limit: float) -> str | None:
    """The name of the nearest of the known codes (people, codes), unless it is too far from code (codes,)."""
    distances = (known - code).square().sum(dim=1)
    nearest = int(distances.argmin())
    return names[nearest]


# %% wrong="who: the farthest"
def triplet_loss(anchor, positive, negative, margin: float) -> torch.Tensor:
    """The mean loss () of triplets of codes, each (batch, codes)."""
    near, far = ((anchor - other).square().sum(dim=1) for other in (positive, negative))
    return (near - far + margin).clamp(min=0).mean()


def recognise(code: torch.Tensor, known: torch.Tensor, names: list[str], limit: float) -> str | None:
    """The name of the nearest of the known codes (people, codes), unless it is too far from code (codes,)."""
    distances = (known - code).square().sum(dim=1)
    nearest = int(distances.argmax())
    return names[nearest] if distances[nearest] <= limit else None


# %% wrong="who: a limit on the root"
def triplet_loss(anchor, positive, negative, margin: float) -> torch.Tensor:
    """The mean loss () of triplets of codes, each (batch, codes)."""
    near, far = ((anchor - other).square().sum(dim=1) for other in (positive, negative))
    return (near - far + margin).clamp(min=0).mean()


def recognise(code: torch.Tensor, known: torch.Tensor, names: list[str], limit: float) -> str | None:
    """The name of the nearest of the known codes (people, codes), unless it is too far from code (codes,)."""
    distances = (known - code).square().sum(dim=1)
    nearest = int(distances.argmin())
    return names[nearest] if distances[nearest].sqrt() <= limit else None


# %% wrong="who: at the limit the door stays shut"
def triplet_loss(anchor, positive, negative, margin: float) -> torch.Tensor:
    """The mean loss () of triplets of codes, each (batch, codes)."""
    near, far = ((anchor - other).square().sum(dim=1) for other in (positive, negative))
    return (near - far + margin).clamp(min=0).mean()


def recognise(code: torch.Tensor, known: torch.Tensor, names: list[str], limit: float) -> str | None:
    """The name of the nearest of the known codes (people, codes), unless it is too far from code (codes,)."""
    distances = (known - code).square().sum(dim=1)
    nearest = int(distances.argmin())
    return names[nearest] if distances[nearest] < limit else None


# %% wrong="who: mean over the numbers of a code"
def triplet_loss(anchor, positive, negative, margin: float) -> torch.Tensor:
    """The mean loss () of triplets of codes, each (batch, codes)."""
    near, far = ((anchor - other).square().mean(dim=1) for other in (positive, negative))
    return (near - far + margin).clamp(min=0).mean()


def recognise(code: torch.Tensor, known: torch.Tensor, names: list[str], limit: float) -> str | None:
    """The name of the nearest of the known codes (people, codes), unless it is too far from code (codes,)."""
    distances = (known - code).square().sum(dim=1)
    nearest = int(distances.argmin())
    return names[nearest] if distances[nearest] <= limit else None


# %% wrong="who: a sum over the triplets"
def triplet_loss(anchor, positive, negative, margin: float) -> torch.Tensor:
    """The mean loss () of triplets of codes, each (batch, codes)."""
    near, far = ((anchor - other).square().sum(dim=1) for other in (positive, negative))
    return (near - far + margin).clamp(min=0).sum()


def recognise(code: torch.Tensor, known: torch.Tensor, names: list[str], limit: float) -> str | None:
    """The name of the nearest of the known codes (people, codes), unless it is too far from code (codes,)."""
    distances = (known - code).square().sum(dim=1)
    nearest = int(distances.argmin())
    return names[nearest] if distances[nearest] <= limit else None


# %% equivalent="Autoencoder: a square has no sign"
# - return ((drawing - x) ** 2).sum(dim=1).mean()
# + return ((x - drawing) ** 2).sum(dim=1).mean()


# %% equivalent="plane: the share is rounded once, to float32"
# - share = torch.linspace(0, 1, n, dtype=start.dtype)[:, None]
# + share = torch.linspace(0, 1, n)[:, None]


# %% equivalent="plane: its inputs are numbers and a function: there is nothing to change"
# spoiler: plane changes its inputs


# %% equivalent="who: a tensor of one number is an index as well"
# - nearest = int(distances.argmin())
# + nearest = distances.argmin()


# %% equivalent="who: a square has no sign"
# - distances = (known - code).square().sum(dim=1)
# + distances = (code - known).square().sum(dim=1)


# %% equivalent="who: a square has no sign, once more"
# - near, far = ((anchor - other).square().sum(dim=1) for other in (positive, negative))
# + near, far = ((other - anchor).square().sum(dim=1) for other in (positive, negative))


# %% [markdown] explains="Autoencoder"
# The encoder goes from `pixels` through `hidden` to `codes`, and the decoder walks the same sizes backwards. `forward`
# draws from the code and from nothing else: `self.decoder(self.encoder(x))`, otherwise the waist would be no waist. Both
# losses belong to a *picture*, so pixels are added up, and only pictures are averaged. A mean over everything would make
# the loss 784 times smaller. That is harmless here and fatal in the next chapter, where another term is added to it.


# %% [markdown] explains="plane"
# Codes in reading order: the first number runs through `places` within each row (`repeat`), the second stays the same
# for a whole row (`repeat_interleave`), from the largest at the top to the smallest (`flip`). The $n^2$ pictures become
# (row of the map, column of the map, row within, column within). Pixels of one line of the map belong together, so the
# axis "row within" has to stand directly behind "row of the map", and "column within" behind "column of the map". That
# is `permute(0, 2, 1, 3)`; a `reshape` alone would cut the small pictures into strips.


# %% [markdown] explains="who"
# The max belongs to each triplet: a triplet that is already right by the margin counts 0 and must not be able to pay for a
# wrong one. In `recognise` the comparison is with the *squared* distance, as in the loss, and `<=` lets the limit in.
