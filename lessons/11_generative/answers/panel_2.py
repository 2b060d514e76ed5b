# Answers by a panel that read only the released notebook: what `course audit` grades and counts apart. No student sees them.

# %% right="Autoencoder: mean over pictures first and then the sum over pixels, which is the same"
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
    return ((x - drawing) ** 2).mean(dim=0).sum()


def ink_loss(logits: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / x.shape[0]


# %% right="Autoencoder: the whole sum divided by the pictures, and the mean times the pixels"
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
    return ((drawing - x) ** 2).sum().div(x.shape[0])


def ink_loss(logits: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return F.binary_cross_entropy_with_logits(logits, x, reduction="mean") / (1 / x.shape[1])


# %% right="Autoencoder: keyword arguments, layers called one by one by a fold"
class Autoencoder(nn.Module):
    """Pictures (batch, pixels) to their codes (batch, codes) and to logits (batch, pixels) of their drawings."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, out_features=codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        z = x
        for layer in self.encoder:
            z = layer(z)
        return z, self.decoder.forward(z)


def squared_loss(drawing: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Squared differences, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return ((torch.sub(input=x, other=drawing)) ** 2).flatten(start_dim=1).sum(dim=-1).mean(dim=0)


def ink_loss(logits: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / float(logits.size(0))


# %% wrong="Autoencoder: code through a ReLU; breaks: one hidden layer and its mirror image, codes can never be negative, seen with any code below 0"
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


# %% wrong="Autoencoder: sigmoid already in forward; breaks: forward gives logits of the drawings, seen with any weights"
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


# %% wrong="Autoencoder: sum over the pictures and mean over the pixels; breaks: added up over the pixels and averaged over the pictures, seen when batch and pixels differ"
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


# %% wrong="Autoencoder: ink divided by the number of pixels; breaks: averaged over the pictures, seen when batch and pixels differ"
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


# %% wrong="Autoencoder: ink is the mean times two; breaks: added up over the pixels, right only for pictures of two pixels"
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
    return F.binary_cross_entropy_with_logits(logits, x, reduction="mean") / 0.5


# %% wrong="Autoencoder: subtracts in place; breaks: leaves its inputs unchanged, drawing is overwritten"
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
    return ((drawing.sub_(x)) ** 2).sum(dim=1).mean()


def ink_loss(logits: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)


# %% wrong="Autoencoder: switches the network to evaluation; breaks: training mode is afterwards as it was before"
class Autoencoder(nn.Module):
    """Pictures (batch, pixels) to their codes (batch, codes) and to logits (batch, pixels) of their drawings."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        z = self.eval().encoder(x)
        return z, self.decoder(z)


def squared_loss(drawing: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Squared differences, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return ((drawing - x) ** 2).sum(dim=1).mean()


def ink_loss(logits: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)


# %% wrong="Autoencoder: squeezes the code; breaks: codes have shape (batch, codes), seen with one picture"
class Autoencoder(nn.Module):
    """Pictures (batch, pixels) to their codes (batch, codes) and to logits (batch, pixels) of their drawings."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        z = self.encoder(x).squeeze()
        return z, self.decoder(z)


def squared_loss(drawing: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Squared differences, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return ((drawing - x) ** 2).sum(dim=1).mean()


def ink_loss(logits: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)


# %% right="plane: loops, one code decoded at a time, pieces put together by cat"
def in_between(start, end, n):
    rows = []
    for k in range(n):
        share = k / max(n - 1, 1)
        rows.append(start * (1 - share) + end * share)
    return torch.stack(rows)


def plane(decode, low, high, n):
    step = (high - low) / (n - 1)
    bands = []
    for row in range(n):
        second = high - row * step
        band = []
        for column in range(n):
            picture = decode(torch.tensor([[low + column * step, second]], dtype=torch.float32))[0]
            side = math.isqrt(picture.numel())
            band.append(picture.reshape(side, side))
        bands.append(torch.cat(band, dim=1))
    return torch.cat(bands, dim=0)


# %% right="plane: meshgrid and one call of decode, permuted axes"
def in_between(start, end, n):
    share = torch.linspace(0, 1, n, dtype=start.dtype, device=start.device).unsqueeze(1)
    return torch.lerp(start.expand(n, -1), end.expand(n, -1), share.expand(n, len(start)))


def plane(decode, low, high, n):
    line = torch.linspace(low, high, n, dtype=torch.float32)
    second, first = torch.meshgrid(line.flip(0), line, indexing="ij")
    small = decode(torch.stack((first, second), dim=-1).reshape(n * n, 2))
    side = round(small.shape[1] ** 0.5)
    return small.reshape(n, n, side, side).permute(0, 2, 1, 3).reshape(n * side, n * side)


# %% right="plane: numpy inside: linspace of vectors, and np.block for the sheet"
def in_between(start, end, n):
    points = np.linspace(start.detach().numpy(), end.detach().numpy(), num=n, axis=0)
    return torch.from_numpy(points).to(start.dtype)


def plane(decode, low, high, n):
    line = np.linspace(low, high, n)
    blocks, dtype = [], None
    for second in line[::-1]:
        codes = torch.from_numpy(np.array([[first, second] for first in line], dtype=np.float32))
        pictures = decode(codes).detach()
        dtype = pictures.dtype
        side = math.isqrt(pictures.shape[1])
        blocks.append([one.reshape(side, side) for one in pictures.numpy()])
    return torch.from_numpy(np.block(blocks)).to(dtype)


# %% right="plane: fills an empty sheet of decode's own type place by place, from a generator of places"
def in_between(start, end, n):
    out = start.new_empty((n, start.shape[0]))
    for place in range(n):
        out[place] = start + (end - start) * (place / max(n - 1, 1))
    return out


def plane(decode, low, high, n):
    def places():
        for row in range(n):
            for column in range(n):
                yield low + (high - low) * column / (n - 1), low + (high - low) * (n - 1 - row) / (n - 1)

    pictures = decode(torch.tensor(list(places()), dtype=torch.float32))
    side = math.isqrt(pictures.shape[-1])
    sheet = pictures.new_zeros((n * side, n * side))
    for place, picture in enumerate(pictures):
        top, left = side * (place // n), side * (place % n)
        sheet[top : top + side, left : left + side] = picture.reshape(side, side)
    return sheet


# %% wrong="plane: no permute before the last reshape; breaks: the map is a picture of n times n small ones, seen with pictures of more than one pixel"
def in_between(start, end, n):
    share = torch.linspace(0, 1, n, dtype=start.dtype)[:, None]
    return (1 - share) * start + share * end


def plane(decode, low, high, n):
    line = torch.linspace(low, high, n)
    codes = torch.stack([line.repeat(n), line.flip(0).repeat_interleave(n)], dim=1)
    small = decode(codes)
    side = math.isqrt(small.shape[1])
    return small.reshape(n, n, side, side).reshape(n * side, n * side)


# %% wrong="plane: flips the finished sheet; breaks: the small pictures stand on their heads, row 0 is at the top, seen with more than one pixel"
def in_between(start, end, n):
    share = torch.linspace(0, 1, n, dtype=start.dtype)[:, None]
    return (1 - share) * start + share * end


def plane(decode, low, high, n):
    line = torch.linspace(low, high, n)
    codes = torch.stack([line.repeat(n), line.repeat_interleave(n)], dim=1)
    small = decode(codes)
    side = math.isqrt(small.shape[1])
    return small.reshape(n, n, side, side).permute(0, 2, 1, 3).reshape(n * side, n * side).flip(0)


# %% wrong="plane: each small picture is transposed; breaks: draws what decode draws, seen with more than one pixel"
def in_between(start, end, n):
    share = torch.linspace(0, 1, n, dtype=start.dtype)[:, None]
    return (1 - share) * start + share * end


def plane(decode, low, high, n):
    line = torch.linspace(low, high, n)
    codes = torch.stack([line.repeat(n), line.flip(0).repeat_interleave(n)], dim=1)
    small = decode(codes)
    side = math.isqrt(small.shape[1])
    return small.reshape(n, n, side, side).permute(0, 3, 1, 2).reshape(n * side, n * side)


# %% wrong="plane: sheet is always float32; breaks: returns tensors of the same type, seen with a decode in float64"
def in_between(start, end, n):
    share = torch.linspace(0, 1, n, dtype=start.dtype)[:, None]
    return (1 - share) * start + share * end


def plane(decode, low, high, n):
    line = torch.linspace(low, high, n)
    sheet = None
    for row in range(n):
        for column in range(n):
            picture = decode(torch.stack([line[column], line[n - 1 - row]])[None])[0]
            side = math.isqrt(len(picture))
            if sheet is None:
                sheet = torch.zeros(n * side, n * side)
            sheet[row * side : (row + 1) * side, column * side : (column + 1) * side] = picture.view(side, side)
    return sheet


# %% wrong="plane: smooth steps that are slow at both ends; breaks: evenly spaced, seen with n = 4"
def in_between(start, end, n):
    share = torch.linspace(0, 1, n, dtype=start.dtype)[:, None]
    share = share * share * (3 - 2 * share)
    return (1 - share) * start + share * end


def plane(decode, low, high, n):
    line = torch.linspace(low, high, n)
    codes = torch.stack([line.repeat(n), line.flip(0).repeat_interleave(n)], dim=1)
    small = decode(codes)
    side = math.isqrt(small.shape[1])
    return small.reshape(n, n, side, side).permute(0, 2, 1, 3).reshape(n * side, n * side)


# %% wrong="plane: walks by adding to start itself; breaks: leaves its inputs unchanged"
def in_between(start, end, n):
    step = (end - start) / (n - 1)
    rows = [start.clone()]
    for _ in range(n - 1):
        start += step
        rows.append(start.clone())
    return torch.stack(rows)


def plane(decode, low, high, n):
    line = torch.linspace(low, high, n)
    codes = torch.stack([line.repeat(n), line.flip(0).repeat_interleave(n)], dim=1)
    small = decode(codes)
    side = math.isqrt(small.shape[1])
    return small.reshape(n, n, side, side).permute(0, 2, 1, 3).reshape(n * side, n * side)


# %% right="who: loops over triplets and people, zero through max with a tensor"
def triplet_loss(anchor, positive, negative, margin):
    total = anchor.new_zeros(())
    for a, p, n in zip(anchor, positive, negative, strict=True):
        surplus = (a - p).pow(2).sum() - (a - n).pow(2).sum() + margin
        total = total + torch.maximum(surplus, torch.zeros_like(surplus))
    return total / len(anchor)


def recognise(code, known, names, limit):
    best_name, best = None, None
    for name, one in zip(names, known, strict=True):
        distance = float(((one - code) ** 2).sum())
        if best is None or distance < best:
            best_name, best = name, distance
    return best_name if best <= limit else None


# %% right="who: einsum and relu; numpy and min with a key for the people"
def triplet_loss(anchor, positive, negative, margin):
    def squared(other):
        change = anchor - other
        return torch.einsum("bc,bc->b", change, change)

    return F.relu(squared(positive) + margin - squared(negative)).mean()


def recognise(code, known, names, limit):
    far = np.square(known.detach().numpy() - code.detach().numpy()).sum(axis=1)
    nearest = min(range(len(names)), key=far.__getitem__)
    if far[nearest] > limit:
        return None
    return names[nearest]


# %% right="who: where in place of max, sorting the people"
def triplet_loss(anchor, positive, negative, margin):
    both = torch.stack((positive, negative))
    near, far = (both - anchor).square().sum(dim=-1)
    surplus = near - far + margin
    return torch.where(surplus > 0, surplus, torch.zeros_like(surplus)).sum() / surplus.numel()


def recognise(code, known, names, limit):
    order = sorted((((row - code) ** 2).sum().item(), place) for place, row in enumerate(known))
    distance, place = order[0]
    return None if distance > limit else names[place]


# %% right="who: helper for squared distances, clip, topk and a None that is implicit"
def gap(one, other):
    return (one - other).pow(2).sum(dim=-1)


def triplet_loss(anchor, positive, negative, margin):
    return torch.clip(gap(anchor, positive) - gap(anchor, negative) + margin, min=0).mean(dim=0)


def recognise(code, known, names, limit):
    value, place = gap(known, code.unsqueeze(0)).topk(k=1, largest=False)
    if value.item() <= limit:
        return names[place.item()]


# %% wrong="who: max outside the mean; breaks: the mean of L over the triplets, seen with an easy and a hard triplet"
def triplet_loss(anchor, positive, negative, margin):
    near = ((anchor - positive) ** 2).sum(dim=1)
    far = ((anchor - negative) ** 2).sum(dim=1)
    return (near - far + margin).mean().clamp(min=0)


def recognise(code, known, names, limit):
    far = ((known - code) ** 2).sum(dim=1)
    place = far.argmin()
    return names[place] if far[place] <= limit else None


# %% wrong="who: adds up the triplets; breaks: the mean of L, seen with two triplets"
def triplet_loss(anchor, positive, negative, margin):
    near = ((anchor - positive) ** 2).sum(dim=1)
    far = ((anchor - negative) ** 2).sum(dim=1)
    return (near - far + margin).clamp(min=0).sum()


def recognise(code, known, names, limit):
    far = ((known - code) ** 2).sum(dim=1)
    place = far.argmin()
    return names[place] if far[place] <= limit else None


# %% wrong="who: torch's triplet loss without squares; breaks: squared distances"
def triplet_loss(anchor, positive, negative, margin):
    return F.triplet_margin_loss(anchor, positive, negative, margin=margin)


def recognise(code, known, names, limit):
    far = ((known - code) ** 2).sum(dim=1)
    place = far.argmin()
    return names[place] if far[place] <= limit else None


# %% wrong="who: mean over the triplets that still cost something; breaks: the mean of L over all triplets, seen with one easy triplet"
def triplet_loss(anchor, positive, negative, margin):
    near = ((anchor - positive) ** 2).sum(dim=1)
    far = ((anchor - negative) ** 2).sum(dim=1)
    cost = (near - far + margin).clamp(min=0)
    return cost.sum() / (cost > 0).sum().clamp(min=1)


def recognise(code, known, names, limit):
    far = ((known - code) ** 2).sum(dim=1)
    place = far.argmin()
    return names[place] if far[place] <= limit else None


# %% wrong="who: strictly less than the limit; breaks: at exactly limit the door opens"
def triplet_loss(anchor, positive, negative, margin):
    near = ((anchor - positive) ** 2).sum(dim=1)
    far = ((anchor - negative) ** 2).sum(dim=1)
    return (near - far + margin).clamp(min=0).mean()


def recognise(code, known, names, limit):
    far = ((known - code) ** 2).sum(dim=1)
    place = far.argmin()
    return names[place] if far[place] < limit else None


# %% wrong="who: limit compared with the plain distance; breaks: a squared distance of more than limit, seen at distance 2 and limit 3"
def triplet_loss(anchor, positive, negative, margin):
    near = ((anchor - positive) ** 2).sum(dim=1)
    far = ((anchor - negative) ** 2).sum(dim=1)
    return (near - far + margin).clamp(min=0).mean()


def recognise(code, known, names, limit):
    far = ((known - code) ** 2).sum(dim=1)
    place = far.argmin()
    return names[place] if far[place].sqrt() <= limit else None


# %% wrong="who: the first who is near enough; breaks: the name of the nearest one, seen when two are within the limit"
def triplet_loss(anchor, positive, negative, margin):
    near = ((anchor - positive) ** 2).sum(dim=1)
    far = ((anchor - negative) ** 2).sum(dim=1)
    return (near - far + margin).clamp(min=0).mean()


def recognise(code, known, names, limit):
    for name, one in zip(names, known):
        if ((one - code) ** 2).sum() <= limit:
            return name
    return None


# %% wrong="who: detaches the anchor; breaks: gradients flow back to anchor"
def triplet_loss(anchor, positive, negative, margin):
    anchor = anchor.detach()
    near = ((anchor - positive) ** 2).sum(dim=1)
    far = ((anchor - negative) ** 2).sum(dim=1)
    return (near - far + margin).clamp(min=0).mean()


def recognise(code, known, names, limit):
    far = ((known - code) ** 2).sum(dim=1)
    place = far.argmin()
    return names[place] if far[place] <= limit else None


# %% right="draw_code: distributions with rsample"
def draw_code(mean, logvar):
    return torch.distributions.Normal(mean, (logvar / 2).exp(), validate_args=False).rsample()


def draw_many(mean, logvar, k):
    return torch.distributions.Normal(mean, (logvar / 2).exp(), validate_args=False).rsample((k,))


# %% right="draw_code: addcmul with noise from normal_, and a stack of single draws"
def draw_code(mean, logvar):
    noise = torch.empty_like(mean).normal_()
    return torch.addcmul(mean, torch.exp(0.5 * logvar), noise)


def draw_many(mean, logvar, k):
    return torch.stack([draw_code(mean, logvar) for _ in range(k)], dim=0)


# %% right="draw_code: draw_many first, and draw_code is its only row; the root of the variance"
def draw_many(mean, logvar, k):
    sigma = logvar.mul(0.5).exp()
    noise = torch.randn(k, *mean.shape, dtype=mean.dtype, device=mean.device)
    return noise * sigma + mean


def draw_code(mean, logvar):
    (only,) = draw_many(mean, logvar, k=1)
    return only


# %% right="draw_code: a class with a call, torch.normal only for the standard noise"
class Cloud:
    def __init__(self, mean, logvar):
        self.mean, self.sigma = mean, torch.pow(math.e, logvar / 2)

    def __call__(self, *sizes):
        zeros = torch.zeros(*sizes, *self.mean.shape, dtype=self.mean.dtype)
        return self.mean + self.sigma * torch.normal(zeros, torch.ones_like(zeros))


def draw_code(mean, logvar):
    return Cloud(mean, logvar)()


def draw_many(mean, logvar, k):
    return Cloud(mean, logvar)(k)


# %% wrong="draw_code: variance in place of the standard deviation; breaks: sigma is exp of logvar / 2, seen in the spread of many draws"
def draw_code(mean, logvar):
    return mean + torch.exp(logvar) * torch.randn_like(mean)


def draw_many(mean, logvar, k):
    return mean + torch.exp(logvar) * torch.randn(k, *mean.shape)


# %% wrong="draw_code: width is cut off from the graph; breaks: gradients flow back to mean and logvar, seen in the slope by logvar"
def draw_code(mean, logvar):
    return mean + torch.exp(logvar.detach() / 2) * torch.randn_like(mean)


def draw_many(mean, logvar, k):
    return mean + torch.exp(logvar / 2) * torch.randn(k, *mean.shape)


# %% wrong="draw_code: one draw repeated k times; breaks: k independent draws"
def draw_code(mean, logvar):
    return mean + torch.exp(logvar / 2) * torch.randn_like(mean)


def draw_many(mean, logvar, k):
    return draw_code(mean, logvar).expand(k, *mean.shape).clone()


# %% wrong="draw_code: one random number for a whole row; breaks: one draw for each entry"
def draw_code(mean, logvar):
    return mean + torch.exp(logvar / 2) * torch.randn(*mean.shape[:-1], 1)


def draw_many(mean, logvar, k):
    return mean + torch.exp(logvar / 2) * torch.randn(k, *mean.shape)


# %% wrong="draw_code: draws by torch.normal; breaks: gradients flow back to mean and logvar, seen in the slopes of draw_code"
def draw_code(mean, logvar):
    return torch.normal(mean, torch.exp(logvar / 2))


def draw_many(mean, logvar, k):
    return mean + torch.exp(logvar / 2) * torch.randn(k, *mean.shape)


# %% wrong="draw_code: seeds the generator; breaks: every call draws afresh and seeds no random generator"
def draw_code(mean, logvar):
    torch.manual_seed(0)
    return mean + torch.exp(logvar / 2) * torch.randn_like(mean)


def draw_many(mean, logvar, k):
    return mean + torch.exp(logvar / 2) * torch.randn(k, *mean.shape)


# %% wrong="draw_code: uniform noise of the right spread; breaks: a draw from the normal distribution, seen in the tails of many draws"
def draw_code(mean, logvar):
    return mean + torch.exp(logvar / 2) * (torch.rand_like(mean) - 0.5) * math.sqrt(12)


def draw_many(mean, logvar, k):
    return mean + torch.exp(logvar / 2) * torch.randn(k, *mean.shape)


# %% wrong="draw_code: repeat for two axes; breaks: k draws of a batch of any other shape, seen with a tensor of one or three axes"
def draw_code(mean, logvar):
    return mean + torch.exp(logvar / 2) * torch.randn_like(mean)


def draw_many(mean, logvar, k):
    batch, codes = mean.shape[0], mean.shape[-1]
    return mean + torch.exp(logvar / 2) * torch.randn(k, batch, codes)


# %% right="kl: torch's distributions and their divergence"
def kl_to_normal(mean, logvar):
    cloud = torch.distributions.Normal(mean, torch.exp(logvar / 2))
    middle = torch.distributions.Normal(torch.zeros_like(mean), torch.ones_like(mean))
    return torch.distributions.kl_divergence(cloud, middle).sum(dim=-1)


def kl_by_draws(mean, logvar, codes):
    cloud = torch.distributions.Normal(mean, torch.exp(logvar / 2))
    middle = torch.distributions.Normal(torch.zeros_like(mean), torch.ones_like(mean))
    return (cloud.log_prob(codes) - middle.log_prob(codes)).sum(dim=-1).mean(dim=0)


# %% right="kl: loops over numbers of the code and over draws; the two pi cancels"
def kl_to_normal(mean, logvar):
    total = torch.zeros_like(mean[:, 0])
    for mu, lv in zip(mean.unbind(dim=1), logvar.unbind(dim=1), strict=True):
        total = total + 0.5 * (mu * mu + lv.exp() - lv - 1)
    return total


def kl_by_draws(mean, logvar, codes):
    total = torch.zeros_like(mean[:, 0])
    for z in codes:
        one = z * z - (z - mean) ** 2 * torch.exp(-logvar) - logvar
        total = total + one.sum(dim=1) / 2
    return total / len(codes)


# %% right="kl: expm1 for variance minus one; means of squares by einsum"
def kl_to_normal(mean, logvar):
    return torch.einsum("bc,bc->b", mean, mean) / 2 + (torch.expm1(logvar) - logvar).sum(1) / 2


def kl_by_draws(mean, logvar, codes):
    k = codes.shape[0]
    scaled = (codes - mean[None]) / torch.exp(0.5 * logvar)[None]
    log_q = -0.5 * (torch.einsum("kbc,kbc->b", scaled, scaled) / k + logvar.sum(dim=1))
    log_p = -0.5 * torch.einsum("kbc,kbc->b", codes, codes) / k
    return log_q - log_p


# %% right="kl: a multivariate normal distribution with a diagonal root"
def clouds(mean, logvar):
    return torch.distributions.MultivariateNormal(mean, scale_tril=torch.diag_embed(torch.exp(logvar / 2)))


def kl_to_normal(mean, logvar):
    return torch.distributions.kl_divergence(clouds(mean, logvar), clouds(mean * 0, logvar * 0))


def kl_by_draws(mean, logvar, codes):
    return torch.mean(clouds(mean, logvar).log_prob(codes) - clouds(mean * 0, logvar * 0).log_prob(codes), dim=0)


# %% wrong="kl: standard deviation in place of the variance; breaks: the closed formula, seen when logvar is not 0"
def kl_to_normal(mean, logvar):
    return 0.5 * (mean**2 + (logvar / 2).exp() - logvar - 1).sum(dim=1)


def kl_by_draws(mean, logvar, codes):
    log_q = -0.5 * (math.log(2 * math.pi) + logvar + (codes - mean) ** 2 / logvar.exp())
    log_p = -0.5 * (math.log(2 * math.pi) + codes**2)
    return (log_q - log_p).sum(dim=2).mean(dim=0)


# %% wrong="kl: adds the log-variance; breaks: minus log of the variance in the formula, seen when logvar is not 0"
def kl_to_normal(mean, logvar):
    return 0.5 * (mean**2 + logvar.exp() + logvar - 1).sum(dim=1)


def kl_by_draws(mean, logvar, codes):
    log_q = -0.5 * (math.log(2 * math.pi) + logvar + (codes - mean) ** 2 / logvar.exp())
    log_p = -0.5 * (math.log(2 * math.pi) + codes**2)
    return (log_q - log_p).sum(dim=2).mean(dim=0)


# %% wrong="kl: log q without its log-variance; breaks: the logarithm of the normal density, seen by draws when logvar is not 0"
def kl_to_normal(mean, logvar):
    return 0.5 * (mean**2 + logvar.exp() - logvar - 1).sum(dim=1)


def kl_by_draws(mean, logvar, codes):
    log_q = -0.5 * (math.log(2 * math.pi) + (codes - mean) ** 2 / logvar.exp())
    log_p = -0.5 * (math.log(2 * math.pi) + codes**2)
    return (log_q - log_p).sum(dim=2).mean(dim=0)


# %% wrong="kl: divides by the deviation; breaks: squares over the variance, seen by draws when logvar is not 0"
def kl_to_normal(mean, logvar):
    return 0.5 * (mean**2 + logvar.exp() - logvar - 1).sum(dim=1)


def kl_by_draws(mean, logvar, codes):
    log_q = -0.5 * (math.log(2 * math.pi) + logvar + (codes - mean) ** 2 / (logvar / 2).exp())
    log_p = -0.5 * (math.log(2 * math.pi) + codes**2)
    return (log_q - log_p).sum(dim=2).mean(dim=0)


# %% wrong="kl: adds up the draws; breaks: the mean over the k draws, seen with two draws"
def kl_to_normal(mean, logvar):
    return 0.5 * (mean**2 + logvar.exp() - logvar - 1).sum(dim=1)


def kl_by_draws(mean, logvar, codes):
    log_q = -0.5 * (math.log(2 * math.pi) + logvar + (codes - mean) ** 2 / logvar.exp())
    log_p = -0.5 * (math.log(2 * math.pi) + codes**2)
    return (log_q - log_p).sum(dim=2).sum(dim=0)


# %% wrong="kl: mean over the batch as well, spread to all rows; breaks: one number for each row, seen with two different rows"
def kl_to_normal(mean, logvar):
    return 0.5 * (mean**2 + logvar.exp() - logvar - 1).sum(dim=1).mean().expand(len(mean))


def kl_by_draws(mean, logvar, codes):
    log_q = -0.5 * (math.log(2 * math.pi) + logvar + (codes - mean) ** 2 / logvar.exp())
    log_p = -0.5 * (math.log(2 * math.pi) + codes**2)
    return (log_q - log_p).sum(dim=2).mean(dim=0)


# %% wrong="kl: cuts mean and logvar off in the estimate; breaks: gradients flow back to mean and logvar"
def kl_to_normal(mean, logvar):
    return 0.5 * (mean**2 + logvar.exp() - logvar - 1).sum(dim=1)


def kl_by_draws(mean, logvar, codes):
    mean, logvar = mean.detach(), logvar.detach()
    log_q = -0.5 * (math.log(2 * math.pi) + logvar + (codes - mean) ** 2 / logvar.exp())
    log_p = -0.5 * (math.log(2 * math.pi) + codes**2)
    return (log_q - log_p).sum(dim=2).mean(dim=0)


# %% wrong="kl: squeezes the result; breaks: shape (batch,), seen with a batch of one row"
def kl_to_normal(mean, logvar):
    return 0.5 * (mean**2 + logvar.exp() - logvar - 1).sum(dim=1).squeeze()


def kl_by_draws(mean, logvar, codes):
    log_q = -0.5 * (math.log(2 * math.pi) + logvar + (codes - mean) ** 2 / logvar.exp())
    log_p = -0.5 * (math.log(2 * math.pi) + codes**2)
    return (log_q - log_p).sum(dim=2).mean(dim=0)


# %% right="VAE: unflattened into two and unbound, adds with alpha"
class VAE(nn.Module):
    """Pictures (batch, pixels) to clouds and drawings of codes that are drawn from them."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, codes + codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor, draw) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Means and log-variances (batch, codes), and the logits of the drawings (batch, pixels)."""
        mean, logvar = self.encoder(x).unflatten(1, (2, -1)).unbind(dim=1)
        z = draw(mean, logvar)
        return mean, logvar, self.decoder(z)


def vae_loss(x: torch.Tensor, logits: torch.Tensor, kl: torch.Tensor, beta: float = 1.0) -> torch.Tensor:
    """The loss of drawings (batch, pixels) with divergences kl (batch,), averaged over the pictures."""
    ink = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(dim=1)
    return (torch.add(ink, kl, alpha=beta)).mean()


# %% right="VAE: split by the decoder's own width; sums through an axis counted from behind"
class VAE(nn.Module):
    """Pictures (batch, pixels) to clouds and drawings of codes that are drawn from them."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, out_features=2 * codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor, draw) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Means and log-variances (batch, codes), and the logits of the drawings (batch, pixels)."""
        (mean, logvar) = self.encoder(x).split(self.decoder[0].in_features, dim=-1)
        z = draw(mean, logvar)
        return mean, logvar, self.decoder(z)


def vae_loss(x: torch.Tensor, logits: torch.Tensor, kl: torch.Tensor, beta: float = 1.0) -> torch.Tensor:
    """The loss of drawings (batch, pixels) with divergences kl (batch,), averaged over the pictures."""
    ink = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(-1)
    return (ink + beta * kl).mean(dim=0)


# %% right="VAE: tensor_split, and the sum divided by the pictures"
class VAE(nn.Module):
    """Pictures (batch, pixels) to clouds and drawings of codes that are drawn from them."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, 2 * codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor, draw) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Means and log-variances (batch, codes), and the logits of the drawings (batch, pixels)."""
        mean, logvar = self.encoder(x).tensor_split(2, dim=1)
        z = draw(*[mean, logvar])
        return mean, logvar, self.decoder(input=z)


def vae_loss(x: torch.Tensor, logits: torch.Tensor, kl: torch.Tensor, beta: float = 1.0) -> torch.Tensor:
    """The loss of drawings (batch, pixels) with divergences kl (batch,), averaged over the pictures."""
    ink = F.binary_cross_entropy_with_logits(logits, x, reduction="none").flatten(1).sum(1)
    return (kl * beta + ink).sum().div(len(x))


# %% wrong="VAE: log-variances first; breaks: means first, seen with any weights"
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


# %% wrong="VAE: every second number is a mean; breaks: means first, seen with codes of two numbers"
class VAE(nn.Module):
    """Pictures (batch, pixels) to clouds and drawings of codes that are drawn from them."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, 2 * codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor, draw) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Means and log-variances (batch, codes), and the logits of the drawings (batch, pixels)."""
        mean, logvar = self.encoder(x).unflatten(1, (-1, 2)).unbind(dim=2)
        z = draw(mean, logvar)
        return mean, logvar, self.decoder(z)


def vae_loss(x: torch.Tensor, logits: torch.Tensor, kl: torch.Tensor, beta: float = 1.0) -> torch.Tensor:
    """The loss of drawings (batch, pixels) with divergences kl (batch,), averaged over the pictures."""
    ink = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(dim=1)
    return (ink + beta * kl).mean()


# %% wrong="VAE: decodes the mean; breaks: drawings of codes that are drawn from the clouds"
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


# %% wrong="VAE: hands the log-variance to draw first; breaks: draw is a function like draw_code, of mean and logvar"
class VAE(nn.Module):
    """Pictures (batch, pixels) to clouds and drawings of codes that are drawn from them."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, 2 * codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor, draw) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Means and log-variances (batch, codes), and the logits of the drawings (batch, pixels)."""
        mean, logvar = self.encoder(x).chunk(2, dim=1)
        z = draw(logvar, mean)
        return mean, logvar, self.decoder(z)


def vae_loss(x: torch.Tensor, logits: torch.Tensor, kl: torch.Tensor, beta: float = 1.0) -> torch.Tensor:
    """The loss of drawings (batch, pixels) with divergences kl (batch,), averaged over the pictures."""
    ink = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(dim=1)
    return (ink + beta * kl).mean()


# %% wrong="VAE: ignores beta; breaks: beta times the divergence, seen with beta = 2"
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


# %% wrong="VAE: weighs the ink too; breaks: only the divergence is weighed by beta, seen with beta = 2"
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
    return (beta * (ink + kl)).mean()


# %% wrong="VAE: hands a standard deviation to draw; breaks: draw is a function like draw_code, which takes the log-variance"
class VAE(nn.Module):
    """Pictures (batch, pixels) to clouds and drawings of codes that are drawn from them."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, 2 * codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor, draw) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Means and log-variances (batch, codes), and the logits of the drawings (batch, pixels)."""
        mean, logvar = self.encoder(x).chunk(2, dim=1)
        z = draw(mean, torch.exp(logvar / 2))
        return mean, logvar, self.decoder(z)


def vae_loss(x: torch.Tensor, logits: torch.Tensor, kl: torch.Tensor, beta: float = 1.0) -> torch.Tensor:
    """The loss of drawings (batch, pixels) with divergences kl (batch,), averaged over the pictures."""
    ink = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(dim=1)
    return (ink + beta * kl).mean()


# %% right="evidence: torch's distributions, logsumexp minus log k"
def fraction(log_likelihood, mean, logvar, codes):
    cloud = torch.distributions.Normal(mean, torch.exp(logvar / 2))
    middle = torch.distributions.Normal(torch.zeros_like(mean), torch.ones_like(mean))
    return log_likelihood + (middle.log_prob(codes) - cloud.log_prob(codes)).sum(dim=-1)


def elbo(log_likelihood, mean, logvar, codes):
    return fraction(log_likelihood, mean, logvar, codes).mean(dim=0)


def log_evidence(log_likelihood, mean, logvar, codes):
    logs = fraction(log_likelihood, mean, logvar, codes)
    return logs.logsumexp(dim=0) - math.log(logs.shape[0])


# %% right="evidence: shifts each picture by its own largest logarithm, by hand"
def elbo(log_likelihood, mean, logvar, codes):
    log_q = -0.5 * (math.log(2 * math.pi) + logvar + (codes - mean) ** 2 * torch.exp(-logvar)).sum(dim=2)
    log_p = -0.5 * (math.log(2 * math.pi) + codes.square()).sum(dim=2)
    return torch.mean(log_likelihood + log_p - log_q, dim=0)


def log_evidence(log_likelihood, mean, logvar, codes):
    each = [elbo(log_likelihood[j : j + 1], mean, logvar, codes[j : j + 1]) for j in range(len(codes))]
    each = torch.stack(each)
    top = each.detach().amax(dim=0)
    return top + torch.log(torch.exp(each - top).mean(dim=0))


# %% right="evidence: adds the draws one after another by logaddexp"
def logs_of(log_likelihood, mean, logvar, codes):
    sigma = torch.exp(logvar / 2)
    for likely, z in zip(log_likelihood, codes, strict=True):
        yield likely + 0.5 * (logvar + ((z - mean) / sigma) ** 2 - z**2).sum(dim=1)


def elbo(log_likelihood, mean, logvar, codes):
    return sum(logs_of(log_likelihood, mean, logvar, codes)) / len(codes)


def log_evidence(log_likelihood, mean, logvar, codes):
    total = None
    for one in logs_of(log_likelihood, mean, logvar, codes):
        total = one if total is None else torch.logaddexp(total, one)
    return total - math.log(len(codes))


# %% wrong="evidence: exp, mean, log; breaks: the result must be right all the same, seen with log-likelihoods of -5000"
def log_weights(log_likelihood, mean, logvar, codes):
    log_p = -0.5 * (math.log(2 * math.pi) + codes**2).sum(dim=2)
    log_q = -0.5 * (math.log(2 * math.pi) + logvar + (codes - mean) ** 2 / torch.exp(logvar)).sum(dim=2)
    return log_likelihood + log_p - log_q


def elbo(log_likelihood, mean, logvar, codes):
    return log_weights(log_likelihood, mean, logvar, codes).mean(dim=0)


def log_evidence(log_likelihood, mean, logvar, codes):
    logs = log_weights(log_likelihood, mean, logvar, codes)
    return logs.exp().mean(dim=0).log()


# %% wrong="evidence: forgets the correction; breaks: corrects for having drawn from q, seen when the cloud is not standard normal"
def log_weights(log_likelihood, mean, logvar, codes):
    log_p = -0.5 * (math.log(2 * math.pi) + codes**2).sum(dim=2)
    log_q = -0.5 * (math.log(2 * math.pi) + logvar + (codes - mean) ** 2 / torch.exp(logvar)).sum(dim=2)
    return log_likelihood + 0 * log_p


def elbo(log_likelihood, mean, logvar, codes):
    return log_weights(log_likelihood, mean, logvar, codes).mean(dim=0)


def log_evidence(log_likelihood, mean, logvar, codes):
    logs = log_weights(log_likelihood, mean, logvar, codes)
    return torch.logsumexp(logs, dim=0) - math.log(len(logs))


# %% wrong="evidence: p and q swapped; breaks: + log p(z) - log q(z|x), seen when the cloud is not standard normal"
def log_weights(log_likelihood, mean, logvar, codes):
    log_p = -0.5 * (math.log(2 * math.pi) + codes**2).sum(dim=2)
    log_q = -0.5 * (math.log(2 * math.pi) + logvar + (codes - mean) ** 2 / torch.exp(logvar)).sum(dim=2)
    return log_likelihood - log_p + log_q


def elbo(log_likelihood, mean, logvar, codes):
    return log_weights(log_likelihood, mean, logvar, codes).mean(dim=0)


def log_evidence(log_likelihood, mean, logvar, codes):
    logs = log_weights(log_likelihood, mean, logvar, codes)
    return torch.logsumexp(logs, dim=0) - math.log(len(logs))


# %% wrong="evidence: divides by the deviation in log q; breaks: the normal density, seen when logvar is not 0"
def log_weights(log_likelihood, mean, logvar, codes):
    log_p = -0.5 * (math.log(2 * math.pi) + codes**2).sum(dim=2)
    log_q = -0.5 * (math.log(2 * math.pi) + logvar + (codes - mean) ** 2 / torch.exp(logvar / 2)).sum(dim=2)
    return log_likelihood + log_p - log_q


def elbo(log_likelihood, mean, logvar, codes):
    return log_weights(log_likelihood, mean, logvar, codes).mean(dim=0)


def log_evidence(log_likelihood, mean, logvar, codes):
    logs = log_weights(log_likelihood, mean, logvar, codes)
    return torch.logsumexp(logs, dim=0) - math.log(len(logs))


# %% wrong="evidence: saved by float64; breaks: returns tensors of the same type, seen with float32"
def log_weights(log_likelihood, mean, logvar, codes):
    log_p = -0.5 * (math.log(2 * math.pi) + codes**2).sum(dim=2)
    log_q = -0.5 * (math.log(2 * math.pi) + logvar + (codes - mean) ** 2 / torch.exp(logvar)).sum(dim=2)
    return log_likelihood + log_p - log_q


def elbo(log_likelihood, mean, logvar, codes):
    return log_weights(log_likelihood, mean, logvar, codes).mean(dim=0)


def log_evidence(log_likelihood, mean, logvar, codes):
    logs = log_weights(log_likelihood, mean, logvar, codes).double()
    return torch.logsumexp(logs, dim=0) - math.log(len(logs))


# %% wrong="evidence: weights of the evidence without graph; breaks: gradients flow back to log_likelihood"
def log_weights(log_likelihood, mean, logvar, codes):
    log_p = -0.5 * (math.log(2 * math.pi) + codes**2).sum(dim=2)
    log_q = -0.5 * (math.log(2 * math.pi) + logvar + (codes - mean) ** 2 / torch.exp(logvar)).sum(dim=2)
    return log_likelihood + log_p - log_q


def elbo(log_likelihood, mean, logvar, codes):
    return log_weights(log_likelihood, mean, logvar, codes).mean(dim=0)


def log_evidence(log_likelihood, mean, logvar, codes):
    logs = log_weights(log_likelihood, mean, logvar, codes)
    return torch.logsumexp(logs.detach(), dim=0) - math.log(len(logs))


# %% wrong="evidence: adds up the draws of the bound; breaks: the mean over the draws, seen with two draws"
def log_weights(log_likelihood, mean, logvar, codes):
    log_p = -0.5 * (math.log(2 * math.pi) + codes**2).sum(dim=2)
    log_q = -0.5 * (math.log(2 * math.pi) + logvar + (codes - mean) ** 2 / torch.exp(logvar)).sum(dim=2)
    return log_likelihood + log_p - log_q


def elbo(log_likelihood, mean, logvar, codes):
    return log_weights(log_likelihood, mean, logvar, codes).sum(dim=0)


def log_evidence(log_likelihood, mean, logvar, codes):
    logs = log_weights(log_likelihood, mean, logvar, codes)
    return torch.logsumexp(logs, dim=0) - math.log(len(logs))


# %% right="best: loops over plain numbers with math"
def game_value(p, q, d):
    total = 0.0
    for a, b, answer in zip(p.tolist(), q.tolist(), d.tolist(), strict=True):
        if a > 0:
            total += a * math.log(answer) if answer > 0 else -math.inf
        if b > 0:
            total += b * math.log1p(-answer) if answer < 1 else -math.inf
    return torch.tensor(total, dtype=p.dtype)


def best_discriminator(p, q):
    answers = [a / (a + b) if a + b > 0 else 0.5 for a, b in zip(p.tolist(), q.tolist(), strict=True)]
    return torch.tensor(answers, dtype=p.dtype)


# %% right="best: xlogy and xlog1py, and nan_to_num for nobody's pictures"
def game_value(p, q, d):
    return torch.sum(torch.xlogy(p, d) + torch.special.xlog1py(q, -d))


def best_discriminator(p, q):
    return torch.nan_to_num(p / (p + q), nan=0.5)


# %% right="best: picks the terms that happen by masks"
def game_value(p, q, d):
    real, fake = p > 0, q > 0
    return p[real] @ d[real].log() + q[fake] @ (1 - d[fake]).log()


def best_discriminator(p, q):
    answers = torch.full_like(p, 0.5)
    shown = (p + q) != 0
    answers[shown] = p[shown] / (p[shown] + q[shown])
    return answers


# %% right="best: numpy inside, with where"
def game_value(p, q, d):
    a, b, answer = (one.detach().numpy() for one in (p, q, d))
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(a == 0, 0, a * np.log(answer)) + np.where(b == 0, 0, b * np.log(1 - answer))
    return torch.tensor(terms.sum(), dtype=p.dtype)


def best_discriminator(p, q):
    both = p + q
    nobody = both == 0
    return torch.where(nobody, 0.5 * torch.ones_like(p), p / torch.where(nobody, torch.ones_like(both), both))


# %% wrong="best: plain logarithms; breaks: what never happens costs nothing also beside a logarithm of 0, seen with p = 0 and d = 0"
def game_value(p, q, d):
    return (p * d.log() + q * (1 - d).log()).sum()


def best_discriminator(p, q):
    both = p + q
    return torch.where(both > 0, p / both, 0.5).to(p.dtype)


# %% wrong="best: cares only for the data's zeros; breaks: where q is 0 its term is 0, seen with q = 0 and d = 1"
def game_value(p, q, d):
    return (torch.xlogy(p, d) + q * torch.log(1 - d)).sum()


def best_discriminator(p, q):
    both = p + q
    return torch.where(both > 0, p / both, 0.5).to(p.dtype)


# %% wrong="best: no case for pictures that nobody shows; breaks: let it say one half, gives nan with p = q = 0"
def game_value(p, q, d):
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum()


def best_discriminator(p, q):
    return p / (p + q)


# %% wrong="best: a small number below the fraction; breaks: let it say one half, gives 0 with p = q = 0"
def game_value(p, q, d):
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum()


def best_discriminator(p, q):
    return p / (p + q + 1e-12)


# %% wrong="best: the fraction is made in p itself; breaks: leaves its inputs unchanged"
def game_value(p, q, d):
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum()


def best_discriminator(p, q):
    both = p + q
    p /= torch.where(both > 0, both, 1)
    p[both == 0] = 0.5
    return p


# %% wrong="best: answers in float32; breaks: returns tensors of the same type, seen with float64"
def game_value(p, q, d):
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum()


def best_discriminator(p, q):
    return torch.tensor([float(a / (a + b)) if a + b > 0 else 0.5 for a, b in zip(p, q)])


# %% wrong="best: says one half wherever one of the two never shows it; breaks: the answers for which V is largest, seen with p = 1 and q = 0"
def game_value(p, q, d):
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum()


def best_discriminator(p, q):
    both = p + q
    return torch.where((p > 0) & (q > 0), p / both, 0.5).to(p.dtype)


# %% wrong="best: value as a plain number; breaks: returns one tensor, not a plain number"
def game_value(p, q, d):
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum().item()


def best_discriminator(p, q):
    both = p + q
    return torch.where(both > 0, p / both, 0.5).to(p.dtype)


# %% right="sizes: counts places of the kernel and of the stamps"
def size_down(n, kernel, stride, padding):
    return sum(1 for _ in range(0, n + 2 * padding - kernel + 1, stride))


def size_up(n, kernel, stride, padding, output_padding=0):
    last_begin = (n - 1) * stride
    end = last_begin + kernel
    return end - padding - padding + output_padding


def output_padding_for(n, kernel, stride, padding):
    small = size_down(n, kernel, stride, padding)
    return n - size_up(small, kernel, stride, padding)


# %% right="sizes: divmod: the rest of the division is what was lost"
def output_padding_for(n, kernel, stride, padding):
    return divmod(n + 2 * padding - kernel, stride)[1]


def size_down(n, kernel, stride, padding):
    return divmod(n + 2 * padding - kernel, stride)[0] + 1


def size_up(n, kernel, stride, padding, output_padding=0):
    return stride * n - stride + kernel - 2 * padding + output_padding


# %% right="sizes: asks torch for the size down, and searches for the output padding"
def size_down(n, kernel, stride, padding):
    return F.conv2d(torch.zeros(1, 1, n, n), torch.zeros(1, 1, kernel, kernel), stride=stride, padding=padding).shape[
        -1
    ]


def size_up(n, kernel, stride, padding, output_padding=0):
    size = kernel - 2 * padding + output_padding
    for _ in range(n - 1):
        size += stride
    return size


def output_padding_for(n, kernel, stride, padding):
    extra = 0
    while size_up(size_down(n, kernel, stride, padding), kernel, stride, padding, output_padding=extra) < n:
        extra += 1
    return extra


# %% wrong="sizes: divides n alone; breaks: the size of nn.Conv2d's output, seen with kernel 3 and padding 0"
def size_down(n, kernel, stride, padding):
    return n // stride


def size_up(n, kernel, stride, padding, output_padding=0):
    return (n - 1) * stride - 2 * padding + kernel + output_padding


def output_padding_for(n, kernel, stride, padding):
    return (n + 2 * padding - kernel) % stride


# %% wrong="sizes: stride times n; breaks: the size of nn.ConvTranspose2d's output, seen with kernel 3"
def size_down(n, kernel, stride, padding):
    return (n + 2 * padding - kernel) // stride + 1


def size_up(n, kernel, stride, padding, output_padding=0):
    return n * stride + output_padding


def output_padding_for(n, kernel, stride, padding):
    return (n + 2 * padding - kernel) % stride


# %% wrong="sizes: forgets the output padding; breaks: output_padding adds some pixels at the end, seen with output_padding = 1"
def size_down(n, kernel, stride, padding):
    return (n + 2 * padding - kernel) // stride + 1


def size_up(n, kernel, stride, padding, output_padding=0):
    return (n - 1) * stride - 2 * padding + kernel


def output_padding_for(n, kernel, stride, padding):
    return (n + 2 * padding - kernel) % stride


# %% wrong="sizes: odd sizes need one; breaks: the output_padding that returns to n, seen with stride 3 or kernel 3"
def size_down(n, kernel, stride, padding):
    return (n + 2 * padding - kernel) // stride + 1


def size_up(n, kernel, stride, padding, output_padding=0):
    return (n - 1) * stride - 2 * padding + kernel + output_padding


def output_padding_for(n, kernel, stride, padding):
    return n % 2


# %% wrong="sizes: at most one pixel is lost; breaks: the output_padding that returns to n, seen with stride 3 and a rest of 2"
def size_down(n, kernel, stride, padding):
    return (n + 2 * padding - kernel) // stride + 1


def size_up(n, kernel, stride, padding, output_padding=0):
    return (n - 1) * stride - 2 * padding + kernel + output_padding


def output_padding_for(n, kernel, stride, padding):
    return min(1, (n + 2 * padding - kernel) % stride)


# %% wrong="sizes: rounds to the nearest; breaks: a convolution with stride rounds down, seen with stride 3 and a rest of 2"
def size_down(n, kernel, stride, padding):
    return round((n + 2 * padding - kernel) / stride) + 1


def size_up(n, kernel, stride, padding, output_padding=0):
    return (n - 1) * stride - 2 * padding + kernel + output_padding


def output_padding_for(n, kernel, stride, padding):
    return (n + 2 * padding - kernel) % stride


# %% wrong="sizes: divides without rounding; breaks: a convolution with stride rounds down, seen with 29 pixels and stride 2"
def size_down(n, kernel, stride, padding):
    return (n + 2 * padding - kernel) / stride + 1


def size_up(n, kernel, stride, padding, output_padding=0):
    return (n - 1) * stride - 2 * padding + kernel + output_padding


def output_padding_for(n, kernel, stride, padding):
    return (n + 2 * padding - kernel) % stride


# %% wrong="sizes: sizes as tensors; breaks: returns plain Python numbers, not tensors"
def size_down(n, kernel, stride, padding):
    return (n + 2 * padding - kernel) // stride + 1


def size_up(n, kernel, stride, padding, output_padding=0):
    return torch.tensor((n - 1) * stride - 2 * padding + kernel + output_padding)


def output_padding_for(n, kernel, stride, padding):
    return (n + 2 * padding - kernel) % stride


# %% right="Generator: keyword arguments everywhere"
class Generator(nn.Module):
    """Pictures (batch, 1, 28, 28) from -1 to 1, of noise (batch, noise, 1, 1)."""

    def __init__(self, noise: int, width: int):
        super().__init__()
        self.net = nn.Sequential(
            nn.ConvTranspose2d(in_channels=noise, out_channels=2 * width, kernel_size=7, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(2 * width, out_channels=width, kernel_size=4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(num_features=width),
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
            nn.Conv2d(in_channels=1, out_channels=width, kernel_size=4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(num_features=2 * width),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * width, out_channels=answers, kernel_size=7),
            nn.Flatten(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


# %% right="Generator: pairs of numbers for kernels, strides and paddings"
class Generator(nn.Module):
    """Pictures (batch, 1, 28, 28) from -1 to 1, of noise (batch, noise, 1, 1)."""

    def __init__(self, noise: int, width: int):
        super().__init__()
        self.net = nn.Sequential(
            nn.ConvTranspose2d(noise, width * 2, (7, 7), bias=False),
            nn.BatchNorm2d(2 * width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(width * 2, width, (4, 4), stride=2, padding=(1, 1), bias=False),
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
            nn.Conv2d(1, width, (4, 4), stride=(2, 2), padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * width, answers, (7, 7)),
            nn.Flatten(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


# %% right="Generator: long names of modules, and a first layer with a stride that one pixel cannot feel"
class Generator(nn.Module):
    """Pictures (batch, 1, 28, 28) from -1 to 1, of noise (batch, noise, 1, 1)."""

    def __init__(self, noise: int, width: int):
        super().__init__()
        self.net = nn.Sequential(
            nn.modules.conv.ConvTranspose2d(noise, width + width, 7, 2, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=4 // 2 - 1, bias=False),
            nn.modules.batchnorm.BatchNorm2d(width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(width, 1, 4, stride=2, padding=1),
            nn.modules.activation.Tanh(),
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
            nn.BatchNorm2d(width + width),
            nn.modules.activation.LeakyReLU(0.2),
            nn.Conv2d(2 * width, answers, 7, padding=0),
            nn.Flatten(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


# %% wrong="Generator: sigmoid at the end; breaks: tanh, paper is -1, seen in the range of the pictures"
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
            nn.Sigmoid(),
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


# %% wrong="Generator: hard tanh at the end; breaks: tanh, seen with any weights"
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
            nn.Hardtanh(),
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


# %% wrong="Generator: instance norm with weights; breaks: batch norm, seen in evaluation and in training"
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


# %% wrong="Generator: group norm; breaks: batch norm, seen with any weights"
class Generator(nn.Module):
    """Pictures (batch, 1, 28, 28) from -1 to 1, of noise (batch, noise, 1, 1)."""

    def __init__(self, noise: int, width: int):
        super().__init__()
        self.net = nn.Sequential(
            nn.ConvTranspose2d(noise, 2 * width, 7, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1, bias=False),
            nn.GroupNorm(1, width),
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


# %% wrong="Generator: dropout of 0.2; breaks: leaky ReLU in the discriminator, seen with negative values"
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
            nn.Dropout(0.2),
            nn.Conv2d(2 * width, answers, 7),
            nn.Flatten(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


# %% wrong="Generator: ELU; breaks: leaky ReLU in the discriminator, seen with negative values"
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
            nn.ELU(0.2),
            nn.Conv2d(2 * width, answers, 7),
            nn.Flatten(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


# %% wrong="Generator: one answer always; breaks: (answers, 1, 1) flattened to (batch, answers), seen with 10 answers"
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
            nn.Conv2d(2 * width, 1, 7),
            nn.Flatten(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


# %% wrong="Generator: kernel 2 without padding for 14 to 28; breaks: kernel 4, stride 2, seen in the parameters"
class Generator(nn.Module):
    """Pictures (batch, 1, 28, 28) from -1 to 1, of noise (batch, noise, 1, 1)."""

    def __init__(self, noise: int, width: int):
        super().__init__()
        self.net = nn.Sequential(
            nn.ConvTranspose2d(noise, 2 * width, 7, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(2 * width, width, 2, stride=2, padding=0, bias=False),
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


# %% right="discriminator_step: squeeze, zero_, keywords, and labels from the shape"
def discriminator_step(discriminator, generator, real, noise, optimiser) -> tuple[float, float, float]:
    """One step of the discriminator on real pictures and fakes: its loss, and its mean answer to each."""
    bce = F.binary_cross_entropy_with_logits
    optimiser.zero_grad()
    labels = torch.full((real.shape[0],), 1.0)
    scores = discriminator(real).squeeze(1)
    loss_on_real = bce(input=scores, target=labels)
    loss_on_real.backward()
    on_real = torch.sigmoid(scores).mean().item()

    fake = generator(noise).detach().clone()
    labels.zero_()
    scores = discriminator(fake).view(-1)
    loss_on_fake = bce(input=scores, target=labels)
    loss_on_fake.backward()
    on_fake = torch.sigmoid(scores).mean().item()
    optimiser.step()
    return (loss_on_fake + loss_on_real).item(), on_real, on_fake


# %% right="discriminator_step: fakes made without recording at all"
def discriminator_step(discriminator, generator, real, noise, optimiser) -> tuple[float, float, float]:
    """One step of the discriminator on real pictures and fakes: its loss, and its mean answer to each."""
    bce = F.binary_cross_entropy_with_logits
    optimiser.zero_grad(set_to_none=False)
    labels = torch.full((noise.size(0),), 1.0)
    scores = discriminator(real).flatten()
    loss_on_real = bce(scores, labels)
    loss_on_real.backward()
    on_real = torch.sigmoid(scores).mean().item()

    fake = torch.no_grad()(lambda: generator(noise))()
    labels.mul_(0)
    scores = discriminator(fake).view(-1)
    loss_on_fake = bce(scores, labels)
    loss_on_fake.backward()
    on_fake = torch.sigmoid(scores).mean(dim=0).tolist()
    optimiser.step()
    return (loss_on_real + loss_on_fake).tolist(), on_real, on_fake


# %% right="discriminator_step: detach as a function, labels lowered by one, reshape and a sum of a pair"
def discriminator_step(discriminator, generator, real, noise, optimiser) -> tuple[float, float, float]:
    """One step of the discriminator on real pictures and fakes: its loss, and its mean answer to each."""
    bce = F.binary_cross_entropy_with_logits
    optimiser.zero_grad()
    labels = torch.full((len(real),), 1.0)
    scores = discriminator(real).reshape(len(real))
    loss_on_real = bce(scores, labels)
    loss_on_real.backward()
    on_real = torch.sigmoid(scores).sum().div(len(real)).item()

    fake = torch.Tensor.detach(generator(noise))
    labels.sub_(1)
    scores = discriminator(fake).view(-1)
    loss_on_fake = bce(scores, labels)
    loss_on_fake.backward()
    on_fake = torch.sigmoid(scores).sum().item() / len(noise)
    optimiser.step()
    return (sum((loss_on_real, loss_on_fake)).detach()).cpu().item(), on_real, on_fake


# %% wrong="discriminator_step: no detach; breaks: detach() ends the walk at the fakes, gradients are left in the generator"
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
    scores = discriminator(fake).view(-1)
    loss_on_fake = bce(scores, labels)
    loss_on_fake.backward()
    on_fake = torch.sigmoid(scores).mean().item()
    optimiser.step()
    return (loss_on_real + loss_on_fake).item(), on_real, on_fake


# %% wrong="discriminator_step: does not clear old gradients; breaks: step 1, both networks may hold gradients from earlier"
def discriminator_step(discriminator, generator, real, noise, optimiser) -> tuple[float, float, float]:
    """One step of the discriminator on real pictures and fakes: its loss, and its mean answer to each."""
    bce = F.binary_cross_entropy_with_logits
    optimiser.state_dict()
    labels = torch.full((len(real),), 1.0)
    scores = discriminator(real).view(-1)
    loss_on_real = bce(scores, labels)
    loss_on_real.backward()
    on_real = torch.sigmoid(scores).mean().item()

    fake = generator(noise).detach()
    labels.fill_(0.0)
    scores = discriminator(fake).view(-1)
    loss_on_fake = bce(scores, labels)
    loss_on_fake.backward()
    on_fake = torch.sigmoid(scores).mean().item()
    optimiser.step()
    return (loss_on_real + loss_on_fake).item(), on_real, on_fake


# %% wrong="discriminator_step: sigmoid of the mean; breaks: mean probabilities, seen with two different real scores"
def discriminator_step(discriminator, generator, real, noise, optimiser) -> tuple[float, float, float]:
    """One step of the discriminator on real pictures and fakes: its loss, and its mean answer to each."""
    bce = F.binary_cross_entropy_with_logits
    optimiser.zero_grad()
    labels = torch.full((len(real),), 1.0)
    scores = discriminator(real).view(-1)
    loss_on_real = bce(scores, labels)
    loss_on_real.backward()
    on_real = torch.mean(scores).sigmoid().item()

    fake = generator(noise).detach()
    labels.fill_(0.0)
    scores = discriminator(fake).view(-1)
    loss_on_fake = bce(scores, labels)
    loss_on_fake.backward()
    on_fake = torch.sigmoid(scores).mean().item()
    optimiser.step()
    return (loss_on_real + loss_on_fake).item(), on_real, on_fake


# %% wrong="discriminator_step: labels of 0.9 for real ones; breaks: real pictures have labels 1, seen in the loss when weights are not 0"
def discriminator_step(discriminator, generator, real, noise, optimiser) -> tuple[float, float, float]:
    """One step of the discriminator on real pictures and fakes: its loss, and its mean answer to each."""
    bce = F.binary_cross_entropy_with_logits
    optimiser.zero_grad()
    labels = torch.full((len(real),), 0.9)
    scores = discriminator(real).view(-1)
    loss_on_real = bce(scores, labels)
    loss_on_real.backward()
    on_real = torch.sigmoid(scores).mean().item()

    fake = generator(noise).detach()
    labels.fill_(0.0)
    scores = discriminator(fake).view(-1)
    loss_on_fake = bce(scores, labels)
    loss_on_fake.backward()
    on_fake = torch.sigmoid(scores).mean().item()
    optimiser.step()
    return (loss_on_real + loss_on_fake).item(), on_real, on_fake


# %% wrong="discriminator_step: fakes from noise of its own; breaks: the fakes come from the noise that is given"
def discriminator_step(discriminator, generator, real, noise, optimiser) -> tuple[float, float, float]:
    """One step of the discriminator on real pictures and fakes: its loss, and its mean answer to each."""
    bce = F.binary_cross_entropy_with_logits
    optimiser.zero_grad()
    labels = torch.full((len(real),), 1.0)
    scores = discriminator(real).view(-1)
    loss_on_real = bce(scores, labels)
    loss_on_real.backward()
    on_real = torch.sigmoid(scores).mean().item()

    fake = generator(torch.randn_like(noise)).detach()
    labels.fill_(0.0)
    scores = discriminator(fake).view(-1)
    loss_on_fake = bce(scores, labels)
    loss_on_fake.backward()
    on_fake = torch.sigmoid(scores).mean().item()
    optimiser.step()
    return (loss_on_real + loss_on_fake).item(), on_real, on_fake


# %% wrong="discriminator_step: overwrites the noise; breaks: leaves noise unchanged"
def discriminator_step(discriminator, generator, real, noise, optimiser) -> tuple[float, float, float]:
    """One step of the discriminator on real pictures and fakes: its loss, and its mean answer to each."""
    bce = F.binary_cross_entropy_with_logits
    optimiser.zero_grad()
    labels = torch.full((len(real),), 1.0)
    scores = discriminator(real).view(-1)
    loss_on_real = bce(scores, labels)
    loss_on_real.backward()
    on_real = torch.sigmoid(scores).mean().item()

    fake = generator(noise.normal_()).detach()
    labels.fill_(0.0)
    scores = discriminator(fake).view(-1)
    loss_on_fake = bce(scores, labels)
    loss_on_fake.backward()
    on_fake = torch.sigmoid(scores).mean().item()
    optimiser.step()
    return (loss_on_real + loss_on_fake).item(), on_real, on_fake


# %% wrong="discriminator_step: never steps; breaks: one step of its optimiser, seen when weights are not 0"
def discriminator_step(discriminator, generator, real, noise, optimiser) -> tuple[float, float, float]:
    """One step of the discriminator on real pictures and fakes: its loss, and its mean answer to each."""
    bce = F.binary_cross_entropy_with_logits
    optimiser.zero_grad()
    labels = torch.full((len(real),), 1.0)
    scores = discriminator(real).view(-1)
    loss_on_real = bce(scores, labels)
    loss_on_real.backward()
    on_real = torch.sigmoid(scores).mean().item()

    fake = generator(noise).detach()
    labels.fill_(0.0)
    scores = discriminator(fake).view(-1)
    loss_on_fake = bce(scores, labels)
    loss_on_fake.backward()
    on_fake = torch.sigmoid(scores).mean().item()
    optimiser.zero_grad()
    return (loss_on_real + loss_on_fake).item(), on_real, on_fake


# %% wrong="discriminator_step: returns a tensor; breaks: it returns plain Python numbers, not tensors"
def discriminator_step(discriminator, generator, real, noise, optimiser) -> tuple[float, float, float]:
    """One step of the discriminator on real pictures and fakes: its loss, and its mean answer to each."""
    bce = F.binary_cross_entropy_with_logits
    optimiser.zero_grad()
    labels = torch.full((len(real),), 1.0)
    scores = discriminator(real).view(-1)
    loss_on_real = bce(scores, labels)
    loss_on_real.backward()
    on_real = torch.sigmoid(scores).mean().item()

    fake = generator(noise).detach()
    labels.fill_(0.0)
    scores = discriminator(fake).view(-1)
    loss_on_fake = bce(scores, labels)
    loss_on_fake.backward()
    on_fake = torch.sigmoid(scores).mean().item()
    optimiser.step()
    return (loss_on_real + loss_on_fake).detach(), on_real, on_fake


# %% right="generator_step: softplus; gradients by autograd.grad and set by hand"
def fooling_losses(logits):
    return -F.softplus(logits).mean(), F.softplus(-logits).mean()


def generator_step(discriminator, generator, noise, optimiser):
    scores = discriminator(generator(noise)).flatten()
    loss = F.softplus(-scores).mean()
    weights = [p for group in optimiser.param_groups for p in group["params"]]
    optimiser.zero_grad()
    for p, slope in zip(weights, torch.autograd.grad(loss, weights), strict=True):
        p.grad = slope
    optimiser.step()
    return float(loss)


# %% right="generator_step: logsigmoid, and a closure for the optimiser"
def fooling_losses(logits):
    found_out = F.logsigmoid(torch.neg(logits))
    believed = F.logsigmoid(logits)
    return torch.mean(found_out), torch.neg(torch.mean(believed))


def generator_step(discriminator, generator, noise, optimiser):
    told = []

    def closure():
        optimiser.zero_grad()
        _, loss = fooling_losses(discriminator(generator(noise)).squeeze(1))
        loss.backward()
        told.append(loss.item())
        return loss

    optimiser.step(closure)
    return told[0]


# %% right="generator_step: binary cross-entropy with ones and zeros, generator.zero_grad"
def fooling_losses(logits):
    bce = F.binary_cross_entropy_with_logits
    return -bce(logits, torch.zeros_like(logits)), bce(logits, torch.ones_like(logits))


def generator_step(discriminator, generator, noise, optimiser):
    generator.zero_grad(set_to_none=True)
    scores = discriminator(generator(noise))
    loss = F.binary_cross_entropy_with_logits(input=scores, target=torch.full_like(scores, 1.0))
    loss.backward()
    optimiser.step()
    return loss.detach().tolist()


# %% right="generator_step: logaddexp with zero; the discriminator's gradients are left as they were"
def fooling_losses(logits):
    zero = torch.zeros_like(logits)
    return -torch.logaddexp(zero, logits).mean(), torch.logaddexp(zero, -logits).mean()


def generator_step(discriminator, generator, noise, optimiser):
    optimiser.zero_grad()
    held = [(p, p.requires_grad) for p in discriminator.parameters()]
    try:
        for p, _ in held:
            p.requires_grad_(False)
        loss = fooling_losses(discriminator(generator(noise)).reshape(-1))[1]
        loss.backward()
    finally:
        for p, needed in held:
            p.requires_grad_(needed)
    optimiser.step()
    return loss.item()


# %% wrong="generator_step: log of sigmoid; breaks: logits of 500 and -500 must work"
def fooling_losses(logits):
    return torch.log(1 - torch.sigmoid(logits)).mean(), -torch.log(torch.sigmoid(logits)).mean()


def generator_step(discriminator, generator, noise, optimiser):
    optimiser.zero_grad()
    loss = F.softplus(-discriminator(generator(noise))).mean()
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong="generator_step: a small number inside the logarithm; breaks: logits of 500 and -500 must work, gives 18 in place of 500"
def fooling_losses(logits):
    return torch.log(1 - torch.sigmoid(logits) + 1e-8).mean(), -torch.log(torch.sigmoid(logits) + 1e-8).mean()


def generator_step(discriminator, generator, noise, optimiser):
    optimiser.zero_grad()
    loss = F.softplus(-discriminator(generator(noise))).mean()
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong="generator_step: sums over the batch; breaks: means over the batch, seen with two fakes"
def fooling_losses(logits):
    return -F.softplus(logits).sum(), F.softplus(-logits).sum()


def generator_step(discriminator, generator, noise, optimiser):
    optimiser.zero_grad()
    loss = F.softplus(-discriminator(generator(noise))).mean()
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong="generator_step: no zero_grad; breaks: gradients from earlier must not count, seen with gradients of 1 before"
def fooling_losses(logits):
    return -F.softplus(logits).mean(), F.softplus(-logits).mean()


def generator_step(discriminator, generator, noise, optimiser):
    loss = F.softplus(-discriminator(generator(noise))).mean()
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong="generator_step: zero_grad after the walk back; breaks: one step on the loss, the weights stay"
def fooling_losses(logits):
    return -F.softplus(logits).mean(), F.softplus(-logits).mean()


def generator_step(discriminator, generator, noise, optimiser):
    loss = F.softplus(-discriminator(generator(noise))).mean()
    loss.backward()
    optimiser.zero_grad()
    optimiser.step()
    return loss.item()


# %% wrong="generator_step: label 0 for the fakes with the sign turned; breaks: a step on the non-saturating loss, takes log(1 - D), seen in the size of the step"
def fooling_losses(logits):
    return -F.softplus(logits).mean(), F.softplus(-logits).mean()


def generator_step(discriminator, generator, noise, optimiser):
    optimiser.zero_grad()
    loss = F.softplus(-discriminator(generator(noise))).mean()
    (-F.softplus(discriminator(generator(noise))).mean()).backward()
    optimiser.step()
    return loss.item()


# %% wrong="generator_step: also trains the discriminator; breaks: the discriminator keeps its weights"
def fooling_losses(logits):
    return -F.softplus(logits).mean(), F.softplus(-logits).mean()


def generator_step(discriminator, generator, noise, optimiser):
    optimiser.zero_grad()
    loss = F.softplus(-discriminator(generator(noise))).mean()
    loss.backward()
    optimiser.step()
    with torch.no_grad():
        for p in discriminator.parameters():
            p -= 0.01 * p.grad
    return loss.item()


# %% wrong="generator_step: loss asked again after the step; breaks: it returns this loss, on which the step was taken"
def fooling_losses(logits):
    return -F.softplus(logits).mean(), F.softplus(-logits).mean()


def generator_step(discriminator, generator, noise, optimiser):
    optimiser.zero_grad()
    loss = F.softplus(-discriminator(generator(noise))).mean()
    loss.backward()
    optimiser.step()
    with torch.no_grad():
        return F.softplus(-discriminator(generator(noise))).mean().item()


# %% right="train_gan: shapes in place of len, a list on the left, unpacked tuples"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(1 / 2, 0.999))
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, betas=(0.5, 0.999))
    history = []
    for _ in range(epochs):
        for real, _ in loader:
            noise = torch.randn(real.shape[0], noise_size, 1, 1)
            told = turn_d(discriminator, generator, *(real, noise, optimiser_d))
            loss_g = turn_g(discriminator, generator, *(noise, optimiser_g))
            [loss_d, on_real, on_fake] = told
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% right="train_gan: the second optimiser copies the first one's betas; an explicit iterator"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.999))
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, betas=optimiser_d.defaults["betas"])
    history = []
    for _ in range(0, epochs):
        for (real), _ in iter(loader):
            noise = torch.randn(real.size(0), noise_size, 1, 1)
            told = turn_d(discriminator, generator, real, noise, optimiser_d)
            loss_g = turn_g(discriminator, generator, noise, optimiser_g)
            (loss_d, on_real, on_fake) = told
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% right="train_gan: a generator expression around the loader, and other fields of the same result"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.999))
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, (0.5, 0.999))
    history = []
    for _ in range(epochs):
        for real, _ in ((pictures, None) for pictures, _ in loader):
            noise = torch.randn(len(real[:]), noise_size, 1, 1)
            told = turn_d(discriminator, generator, real, noise, optimiser_d)
            loss_g = turn_g(discriminator, generator, noise, optimiser_g)
            loss_d, *(on_real, on_fake) = told
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% wrong="train_gan: only the detective's memory is shortened; breaks: DCGAN's recipe for both, Adam with beta 0.5"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.999))
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, betas=(0.9, 0.999))
    history = []
    for _ in range(epochs):
        for real, _ in loader:
            noise = torch.randn(len(real), noise_size, 1, 1)
            told = turn_d(discriminator, generator, real, noise, optimiser_d)
            loss_g = turn_g(discriminator, generator, noise, optimiser_g)
            loss_d, on_real, on_fake = told
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% wrong="train_gan: uniform noise; breaks: standard normal noise"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.999))
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, betas=(0.5, 0.999))
    history = []
    for _ in range(epochs):
        for real, _ in loader:
            noise = torch.rand(len(real), noise_size, 1, 1)
            told = turn_d(discriminator, generator, real, noise, optimiser_d)
            loss_g = turn_g(discriminator, generator, noise, optimiser_g)
            loss_d, on_real, on_fake = told
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% wrong="train_gan: as many fakes as the loader's batch size; breaks: the last batch may be smaller, seen with 3 pictures in batches of 2"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.999))
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, betas=(0.5, 0.999))
    history = []
    for _ in range(epochs):
        for real, _ in loader:
            noise = torch.randn(loader.batch_size, noise_size, 1, 1)
            told = turn_d(discriminator, generator, real, noise, optimiser_d)
            loss_g = turn_g(discriminator, generator, noise, optimiser_g)
            loss_d, on_real, on_fake = told
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% wrong="train_gan: one epoch always; breaks: epochs is ignored, seen with 2 epochs"
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


# %% wrong="train_gan: the forger's turn gets the detective's optimiser; breaks: both networks get an optimiser of their own"
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
            loss_g = turn_g(discriminator, generator, noise, optimiser_d)
            loss_d, on_real, on_fake = told
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% wrong="train_gan: the same noise for every batch; breaks: each batch gets noise of its own"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.999))
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, betas=(0.5, 0.999))
    history = []
    for _ in range(epochs):
        for real, _ in loader:
            noise = torch.manual_seed(0) and torch.randn(len(real), noise_size, 1, 1)
            told = turn_d(discriminator, generator, real, noise, optimiser_d)
            loss_g = turn_g(discriminator, generator, noise, optimiser_g)
            loss_d, on_real, on_fake = told
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% wrong="train_gan: moves pictures to -1 to 1 once more; breaks: the loader yields the pictures, the step must get them as they are"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.999))
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, betas=(0.5, 0.999))
    history = []
    for _ in range(epochs):
        for real, _ in loader:
            noise = torch.randn(len(real), noise_size, 1, 1)
            told = turn_d(discriminator, generator, 2 * real - 1, noise, optimiser_d)
            loss_g = turn_g(discriminator, generator, noise, optimiser_g)
            loss_d, on_real, on_fake = told
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% wrong="train_gan: optimiser of D holds the generator and the other way round; breaks: both networks get an optimiser of their own"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(generator.parameters(), lr, betas=(0.5, 0.999))
    optimiser_g = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.999))
    history = []
    for _ in range(epochs):
        for real, _ in loader:
            noise = torch.randn(len(real), noise_size, 1, 1)
            told = turn_d(discriminator, generator, real, noise, optimiser_d)
            loss_g = turn_g(discriminator, generator, noise, optimiser_g)
            loss_d, on_real, on_fake = told
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% right="gram: einsum; a loop over the layers"
def gram(maps):
    places = maps.shape[2] * maps.shape[3]
    return torch.einsum("nahw,nbhw->nab", maps, maps) / places


def transfer_cost(maps, content, style, weight):
    total = F.mse_loss(maps[-1], content)
    for layer, table in zip(maps, style, strict=True):
        total = total + weight * F.mse_loss(gram(layer), table)
    return total


# %% right="gram: every pair of channels on its own, stacked"
def gram(maps):
    channels = maps.unbind(dim=1)
    rows = [torch.stack([(one * other).mean(dim=(1, 2)) for other in channels], dim=-1) for one in channels]
    return torch.stack(rows, dim=1)


def transfer_cost(maps, content, style, weight):
    def away(got, wanted):
        change = (got - wanted).flatten()
        return change @ change / change.numel()

    return away(maps[-1], content) + weight * sum(away(gram(one), wanted) for one, wanted in zip(maps, style))


# %% right="gram: bmm of columns of places, divided before the product"
def gram(maps):
    n, c, h, w = maps.shape
    columns = maps.permute(0, 2, 3, 1).reshape(n, h * w, c)
    return torch.bmm(columns.mT / (h * w), columns)


def transfer_cost(maps, content, style, weight):
    *_, coarse = maps
    costs = [(gram(maps[k]) - style[k]).square().mean() for k in range(len(maps))]
    return (coarse - content).pow(2).mean() + torch.stack(costs).sum().mul(weight)


# %% right="gram: broadcast over two channel axes and mean over the places"
def gram(maps):
    return (maps.unsqueeze(1) * maps.unsqueeze(2)).mean(dim=(-2, -1))


def transfer_cost(maps, content, style, weight):
    j_style = maps[0].new_zeros(())
    for place in reversed(range(len(style))):
        j_style = j_style + torch.nn.MSELoss()(gram(maps[place]), style[place])
    return torch.add(torch.nn.MSELoss()(maps[len(maps) - 1], content), j_style, alpha=weight)


# %% wrong="gram: mean over the layers; breaks: style is the sum over the layers, seen with two layers"
def gram(maps):
    flat = maps.flatten(2)
    return flat @ flat.transpose(1, 2) / flat.shape[2]


def transfer_cost(maps, content, style, weight):
    j_content = ((maps[-1] - content) ** 2).mean()
    j_style = sum(((gram(one) - wanted) ** 2).mean() for one, wanted in zip(maps, style)) / len(maps)
    return j_content + weight * j_style


# %% wrong="gram: content from the first layer; breaks: content is compared at the last layer, seen with two layers of one shape"
def gram(maps):
    flat = maps.flatten(2)
    return flat @ flat.transpose(1, 2) / flat.shape[2]


def transfer_cost(maps, content, style, weight):
    j_content = ((maps[0] - content) ** 2).mean()
    j_style = sum(((gram(one) - wanted) ** 2).mean() for one, wanted in zip(maps, style))
    return j_content + weight * j_style


# %% wrong="gram: forgets the weight; breaks: content plus weight times style, seen when style differs"
def gram(maps):
    flat = maps.flatten(2)
    return flat @ flat.transpose(1, 2) / flat.shape[2]


def transfer_cost(maps, content, style, weight):
    j_content = ((maps[-1] - content) ** 2).mean()
    j_style = sum(((gram(one) - wanted) ** 2).mean() for one, wanted in zip(maps, style))
    return j_content + j_style


# %% wrong="gram: style of the last layer only; breaks: the sum over the layers, seen with two layers"
def gram(maps):
    flat = maps.flatten(2)
    return flat @ flat.transpose(1, 2) / flat.shape[2]


def transfer_cost(maps, content, style, weight):
    j_content = ((maps[-1] - content) ** 2).mean()
    j_style = ((gram(maps[-1]) - style[-1]) ** 2).mean()
    return j_content + weight * j_style


# %% wrong="gram: absolute differences; breaks: mean squared difference, seen with differences other than 1"
def gram(maps):
    flat = maps.flatten(2)
    return flat @ flat.transpose(1, 2) / flat.shape[2]


def transfer_cost(maps, content, style, weight):
    j_content = (maps[-1] - content).abs().mean()
    j_style = sum(((gram(one) - wanted) ** 2).mean() for one, wanted in zip(maps, style))
    return j_content + weight * j_style


# %% wrong="gram: one table for the whole batch; breaks: (batch, channels, channels), a table for each picture, seen with two pictures"
def gram(maps):
    flat = maps.transpose(0, 1).flatten(1)
    return (flat @ flat.T / flat.shape[1]).expand(len(maps), -1, -1)


def transfer_cost(maps, content, style, weight):
    j_content = ((maps[-1] - content) ** 2).mean()
    j_style = sum(((gram(one) - wanted) ** 2).mean() for one, wanted in zip(maps, style))
    return j_content + weight * j_style


# %% wrong="gram: subtracts each map's mean; breaks: the mean of the products of the maps as they are, a covariance, seen with maps whose mean is not 0"
def gram(maps):
    flat = maps.flatten(2) - maps.flatten(2).mean(dim=2, keepdim=True)
    return flat @ flat.transpose(1, 2) / flat.shape[2]


def transfer_cost(maps, content, style, weight):
    j_content = ((maps[-1] - content) ** 2).mean()
    j_style = sum(((gram(one) - wanted) ** 2).mean() for one, wanted in zip(maps, style))
    return j_content + weight * j_style


# %% wrong="gram: view; breaks: accepts non-contiguous tensors, such as a transpose"
def gram(maps):
    flat = maps.view(maps.shape[0], maps.shape[1], -1)
    return flat @ flat.transpose(1, 2) / flat.shape[2]


def transfer_cost(maps, content, style, weight):
    j_content = ((maps[-1] - content) ** 2).mean()
    j_style = sum(((gram(one) - wanted) ** 2).mean() for one, wanted in zip(maps, style))
    return j_content + weight * j_style


# %% wrong="gram: maps are detached in the Gram matrix; breaks: gradients flow back to maps, only the last layer gets one"
def gram(maps):
    flat = maps.detach().flatten(2)
    return flat @ flat.transpose(1, 2) / flat.shape[2]


def transfer_cost(maps, content, style, weight):
    j_content = ((maps[-1] - content) ** 2).mean()
    j_style = sum(((gram(one) - wanted) ** 2).mean() for one, wanted in zip(maps, style))
    return j_content + weight * j_style


# %% right="fgsm: add with alpha, clip, max with indices, ne and eq"
def fgsm(x: torch.Tensor, grad: torch.Tensor, epsilon: float) -> torch.Tensor:
    """Pictures from 0 to 1, each pixel moved by epsilon in the direction in which the loss grows."""
    attacked = x.add(torch.sign(grad), alpha=epsilon)
    return attacked.clip(min=0, max=1)


def under_attack(net, loader, epsilon: float, keep: int = 5) -> tuple[float, list]:
    """The share that is read correctly after the attack, and some that were read correctly before and are not now."""
    net.train(False)
    right, seen, fooled = 0, 0, []
    for x, y in loader:
        x = x.clone().requires_grad_(True)
        scores = net(x)
        before = scores.max(dim=1).indices
        net.zero_grad()
        F.cross_entropy(scores, target=y).backward()
        attacked = fgsm(x.detach(), grad=x.grad, epsilon=epsilon)
        after = net(attacked).argmax(dim=1)
        right += (after.eq(y)).sum().item()
        seen += y.numel()
        for place in torch.nonzero((before.eq(y)) & (after.ne(y)))[:, 0].tolist():
            if len(fooled) < keep:
                fooled.append((before[place].item(), after[place].item(), attacked[place]))
    return right / seen, fooled


# %% right="fgsm: where for the sign, two clamps, the summed loss"
def fgsm(x: torch.Tensor, grad: torch.Tensor, epsilon: float) -> torch.Tensor:
    """Pictures from 0 to 1, each pixel moved by epsilon in the direction in which the loss grows."""
    attacked = torch.where(grad > 0, x + epsilon, torch.where(grad < 0, x - epsilon, x))
    return attacked.clamp(min=0).clamp(max=1)


def under_attack(net, loader, epsilon: float, keep: int = 5) -> tuple[float, list]:
    """The share that is read correctly after the attack, and some that were read correctly before and are not now."""
    net.eval()
    right, seen, fooled = 0, 0, []
    for x, y in loader:
        x = x.clone().requires_grad_()
        scores = net(x)
        before = scores.argmax(dim=1)
        net.zero_grad()
        F.cross_entropy(scores, y, reduction="sum").backward()
        attacked = fgsm(x.detach(), x.grad.clone(), epsilon)
        after = net(attacked.clone()).argmax(dim=1)
        right += (after == y).sum().item()
        seen += y.shape[0]
        for place in torch.nonzero((y == before) & (~(after == y)))[:, 0].tolist():
            if len(fooled) < keep:
                fooled.append((before[place].item(), after[place].item(), attacked[place]))
    return right / seen, fooled


# %% right="fgsm: a helper tensor of steps as a copy, topk, numbers out of bools"
def fgsm(x: torch.Tensor, grad: torch.Tensor, epsilon: float) -> torch.Tensor:
    """Pictures from 0 to 1, each pixel moved by epsilon in the direction in which the loss grows."""
    attacked = epsilon * (grad > 0).to(x.dtype) - epsilon * (grad < 0).to(x.dtype) + x
    return attacked.relu().minimum(torch.ones_like(x))


def under_attack(net, loader, epsilon: float, keep: int = 5) -> tuple[float, list]:
    """The share that is read correctly after the attack, and some that were read correctly before and are not now."""
    net.eval()
    right, seen, fooled = 0, 0, []
    for x, y in loader:
        x = x.clone().requires_grad_()
        scores = net(x)
        before = scores.topk(1, dim=1).indices.flatten()
        net.zero_grad()
        F.cross_entropy(scores, y).backward()
        attacked = fgsm(x.detach(), x.grad, epsilon)
        after = net(attacked).argmax(dim=1)
        right += ((after - y == 0).long()).sum().item()
        seen += x.size(0)
        for place in torch.nonzero((before - y == 0) & (after - y != 0))[:, 0].tolist():
            if len(fooled) < keep:
                fooled.append((before[place].item(), after[place].item(), attacked[place]))
    return right / seen, fooled


# %% wrong="fgsm: clamps to -1 to 1; breaks: pictures from 0 to 1, seen with a dark pixel that moves down"
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


# %% wrong="fgsm: only an upper bound; breaks: pictures from 0 to 1, seen with a pixel near 0 that moves down"
def fgsm(x: torch.Tensor, grad: torch.Tensor, epsilon: float) -> torch.Tensor:
    """Pictures from 0 to 1, each pixel moved by epsilon in the direction in which the loss grows."""
    attacked = x + epsilon * grad.sign()
    return attacked.clamp(max=1)


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


# %% wrong="fgsm: counts answers that stay; breaks: how many are still read correctly, seen with a picture that is misread before and after"
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
        right += (after == before).sum().item()
        seen += len(y)
        for place in torch.nonzero((before == y) & (after != y))[:, 0].tolist():
            if len(fooled) < keep:
                fooled.append((before[place].item(), after[place].item(), attacked[place]))
    return right / seen, fooled


# %% wrong="fgsm: adds in place; breaks: leaves x unchanged"
def fgsm(x: torch.Tensor, grad: torch.Tensor, epsilon: float) -> torch.Tensor:
    """Pictures from 0 to 1, each pixel moved by epsilon in the direction in which the loss grows."""
    attacked = x.add_(epsilon * grad.sign())
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


# %% wrong="fgsm: divides by full batches; breaks: the share of all pictures, seen with a smaller last batch"
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
        seen += loader.batch_size
        for place in torch.nonzero((before == y) & (after != y))[:, 0].tolist():
            if len(fooled) < keep:
                fooled.append((before[place].item(), after[place].item(), attacked[place]))
    return right / seen, fooled


# %% wrong="fgsm: evaluation mode is not set; breaks: a reader in use is in evaluation mode, seen with dropout"
def fgsm(x: torch.Tensor, grad: torch.Tensor, epsilon: float) -> torch.Tensor:
    """Pictures from 0 to 1, each pixel moved by epsilon in the direction in which the loss grows."""
    attacked = x + epsilon * grad.sign()
    return attacked.clamp(0, 1)


def under_attack(net, loader, epsilon: float, keep: int = 5) -> tuple[float, list]:
    """The share that is read correctly after the attack, and some that were read correctly before and are not now."""
    net.train()
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


# %% wrong="fgsm: result in float32; breaks: accepts float32 and float64 and returns tensors of the same type"
def fgsm(x: torch.Tensor, grad: torch.Tensor, epsilon: float) -> torch.Tensor:
    """Pictures from 0 to 1, each pixel moved by epsilon in the direction in which the loss grows."""
    attacked = x + epsilon * grad.sign()
    return attacked.clamp(0, 1).float()


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


# %% right="attack_figure: detach first, and the shape of the picture before"
def attack_figure(picture: torch.Tensor, attacked: torch.Tensor):
    """A figure: the picture, the change, the attacked picture, and a colour bar for the change."""
    before = picture.squeeze().detach().cpu().numpy()
    after = attacked.detach().cpu().numpy().reshape(before.shape)
    change = np.subtract(after, before)
    reach = abs(change).max()
    figure, axes = plt.subplots(nrows=1, ncols=3, figsize=(9, 2.8))
    axes[0].imshow(before, cmap="gray_r", vmin=0, vmax=1)
    heat = axes[1].imshow(change, cmap="coolwarm", vmin=-1 * reach, vmax=reach)
    figure.colorbar(mappable=heat, ax=axes[1])
    axes[2].imshow(after, cmap="gray_r", vmin=0, vmax=1)
    for axis in axes:
        axis.set_axis_off()
    return figure


# %% right="attack_figure: matshow for the heat map, data moved by to"
def attack_figure(picture: torch.Tensor, attacked: torch.Tensor):
    """A figure: the picture, the change, the attacked picture, and a colour bar for the change."""
    before = picture.squeeze().detach().cpu().numpy()
    after = attacked.squeeze().detach().clone().to("cpu").numpy().copy()
    change = after - before
    reach = abs(change).max()
    figure, axes = plt.subplots(1, 3, figsize=(9, 2.8))
    axes[0].imshow(before, cmap="gray_r", vmin=0, vmax=1)
    heat = axes[1].matshow(change.copy(), cmap="coolwarm", vmin=-reach, vmax=reach)
    figure.colorbar(heat, fraction=0.046, ax=axes[1])
    axes[2].imshow(after, cmap="gray_r", vmin=0, vmax=1)
    for axis in axes:
        axis.set_axis_off()
    return figure


# %% right="attack_figure: through data and an array of its own; the lower limit from the array"
def attack_figure(picture: torch.Tensor, attacked: torch.Tensor):
    """A figure: the picture, the change, the attacked picture, and a colour bar for the change."""
    before = picture.squeeze().detach().cpu().numpy()
    after = attacked.data.cpu().squeeze().numpy()
    change = np.array(after) + np.negative(before)
    reach = abs(change).max()
    figure, axes = plt.subplots(1, 3, figsize=(9, 2.8))
    axes[0].imshow(before, cmap="gray_r", vmin=0, vmax=1)
    heat = axes[1].imshow(change, cmap="coolwarm", vmin=-np.abs(change).max(), vmax=reach)
    figure.colorbar(axes[1].images[0], ax=axes[1])
    axes[2].imshow(after, cmap="gray_r", vmin=0, vmax=1)
    for axis in axes:
        axis.set_axis_off()
    return figure


# %% wrong="attack_figure: scale from 0; breaks: a colour scale that is symmetric around zero"
def attack_figure(picture: torch.Tensor, attacked: torch.Tensor):
    """A figure: the picture, the change, the attacked picture, and a colour bar for the change."""
    before = picture.squeeze().detach().cpu().numpy()
    after = attacked.squeeze().detach().cpu().numpy()
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


# %% wrong="attack_figure: scale from the smallest change; breaks: symmetric around zero, seen when the largest fall is not the largest rise"
def attack_figure(picture: torch.Tensor, attacked: torch.Tensor):
    """A figure: the picture, the change, the attacked picture, and a colour bar for the change."""
    before = picture.squeeze().detach().cpu().numpy()
    after = attacked.squeeze().detach().cpu().numpy()
    change = after - before
    reach = abs(change).max()
    figure, axes = plt.subplots(1, 3, figsize=(9, 2.8))
    axes[0].imshow(before, cmap="gray_r", vmin=0, vmax=1)
    heat = axes[1].imshow(change, cmap="coolwarm", vmin=change.min(), vmax=reach)
    figure.colorbar(heat, ax=axes[1])
    axes[2].imshow(after, cmap="gray_r", vmin=0, vmax=1)
    for axis in axes:
        axis.set_axis_off()
    return figure


# %% wrong="attack_figure: scale from -1; breaks: symmetric around zero, seen when the largest change is not 1"
def attack_figure(picture: torch.Tensor, attacked: torch.Tensor):
    """A figure: the picture, the change, the attacked picture, and a colour bar for the change."""
    before = picture.squeeze().detach().cpu().numpy()
    after = attacked.squeeze().detach().cpu().numpy()
    change = after - before
    reach = abs(change).max()
    figure, axes = plt.subplots(1, 3, figsize=(9, 2.8))
    axes[0].imshow(before, cmap="gray_r", vmin=0, vmax=1)
    heat = axes[1].imshow(change, cmap="coolwarm", vmin=-1, vmax=reach)
    figure.colorbar(heat, ax=axes[1])
    axes[2].imshow(after, cmap="gray_r", vmin=0, vmax=1)
    for axis in axes:
        axis.set_axis_off()
    return figure


# %% wrong="attack_figure: bar of the first picture; breaks: a colour bar for the change"
def attack_figure(picture: torch.Tensor, attacked: torch.Tensor):
    """A figure: the picture, the change, the attacked picture, and a colour bar for the change."""
    before = picture.squeeze().detach().cpu().numpy()
    after = attacked.squeeze().detach().cpu().numpy()
    change = after - before
    reach = abs(change).max()
    figure, axes = plt.subplots(1, 3, figsize=(9, 2.8))
    axes[0].imshow(before, cmap="gray_r", vmin=0, vmax=1)
    heat = axes[1].imshow(change, cmap="coolwarm", vmin=-reach, vmax=reach)
    figure.colorbar(axes[0].images[0], ax=axes[1])
    axes[2].imshow(after, cmap="gray_r", vmin=0, vmax=1)
    for axis in axes:
        axis.set_axis_off()
    return figure


# %% wrong="attack_figure: three pictures below each other; breaks: three pictures in a row"
def attack_figure(picture: torch.Tensor, attacked: torch.Tensor):
    """A figure: the picture, the change, the attacked picture, and a colour bar for the change."""
    before = picture.squeeze().detach().cpu().numpy()
    after = attacked.squeeze().detach().cpu().numpy()
    change = after - before
    reach = abs(change).max()
    figure, axes = plt.subplots(3, 1, figsize=(9, 2.8))
    axes[0].imshow(before, cmap="gray_r", vmin=0, vmax=1)
    heat = axes[1].imshow(change, cmap="coolwarm", vmin=-reach, vmax=reach)
    figure.colorbar(heat, ax=axes[1])
    axes[2].imshow(after, cmap="gray_r", vmin=0, vmax=1)
    for axis in axes:
        axis.set_axis_off()
    return figure


# %% wrong="attack_figure: before minus after; breaks: the change, its sign is turned"
def attack_figure(picture: torch.Tensor, attacked: torch.Tensor):
    """A figure: the picture, the change, the attacked picture, and a colour bar for the change."""
    before = picture.squeeze().detach().cpu().numpy()
    after = attacked.squeeze().detach().cpu().numpy()
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


# %% wrong="attack_figure: size of the change; breaks: changes are positive and negative"
def attack_figure(picture: torch.Tensor, attacked: torch.Tensor):
    """A figure: the picture, the change, the attacked picture, and a colour bar for the change."""
    before = picture.squeeze().detach().cpu().numpy()
    after = attacked.squeeze().detach().cpu().numpy()
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


# %% wrong="attack_figure: no detach; breaks: may come straight from a computation with a graph"
def attack_figure(picture: torch.Tensor, attacked: torch.Tensor):
    """A figure: the picture, the change, the attacked picture, and a colour bar for the change."""
    before = picture.squeeze().detach().cpu().numpy()
    after = attacked.squeeze().clone().cpu().numpy()
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


# %% right="worst_score: loops over plain numbers"
def worst_score(w, b, x, epsilon):
    reach = epsilon * sum(abs(one) for one in w.tolist())
    scores = []
    for picture in x.tolist():
        s = math.fsum(a * c for a, c in zip(picture, w.tolist(), strict=True)) + b
        if s > 0:
            s -= reach
        elif s < 0:
            s += reach
        scores.append(s)
    return torch.tensor(scores, dtype=x.dtype)


def smallest_epsilon(w, b, x):
    total = sum(map(abs, w.tolist()))
    rows = x.tolist()
    return torch.tensor([abs(sum(a * c for a, c in zip(row, w.tolist())) + b) / total for row in rows], dtype=x.dtype)


# %% right="worst_score: moves the pixels and takes the score once more"
def scores_of(w, b, x):
    return torch.einsum("p,np->n", w, x) + b


def worst_score(w, b, x, epsilon):
    towards = -scores_of(w, b, x).sign()
    attacked = x + epsilon * torch.outer(towards, w.sign())
    return scores_of(w, b, attacked)


def smallest_epsilon(w, b, x):
    return scores_of(w, b, x).abs() / scores_of(w.abs(), 0.0, torch.ones_like(x))


# %% right="worst_score: numpy inside with float64, back to the type of the pictures"
def worst_score(w, b, x, epsilon):
    weights = w.detach().numpy().astype(np.float64)
    s = x.detach().numpy().astype(np.float64) @ weights + b
    return torch.from_numpy(s - epsilon * np.abs(weights).sum() * np.sign(s)).to(x.dtype)


def smallest_epsilon(w, b, x):
    weights = w.detach().numpy().astype(np.float64)
    s = x.detach().numpy().astype(np.float64) @ weights + b
    return torch.from_numpy(np.abs(s) / np.linalg.norm(weights, ord=1)).to(x.dtype)


# %% right="worst_score: torch's linear layer and norm of order 1; the worst score from the smallest epsilon"
def smallest_epsilon(w, b, x):
    return (F.linear(x, w[None])[:, 0] + b).abs() / torch.linalg.vector_norm(w, ord=1)


def worst_score(w, b, x, epsilon):
    s = F.linear(x, w[None])[:, 0] + b
    return s.sign() * (s.abs() - epsilon * torch.linalg.vector_norm(w, ord=1))


# %% wrong="worst_score: stops at 0; breaks: moves it as far as possible, seen with a large epsilon"
def worst_score(w, b, x, epsilon):
    s = x @ w + b
    return s.sign() * (s.abs() - epsilon * w.abs().sum()).clamp(min=0)


def smallest_epsilon(w, b, x):
    return (x @ w + b).abs() / w.abs().sum()


# %% wrong="worst_score: keeps pixels from 0 to 1; breaks: pixels may leave 0 to 1 here, seen with a pixel at the edge that moves outwards"
def worst_score(w, b, x, epsilon):
    s = x @ w + b
    return (x - epsilon * s.sign()[:, None] * w.sign()).clamp(0, 1) @ w + b


def smallest_epsilon(w, b, x):
    return (x @ w + b).abs() / w.abs().sum()


# %% wrong="worst_score: no b in the smallest epsilon; breaks: score s = w x + b, seen with b = 0.5"
def worst_score(w, b, x, epsilon):
    s = x @ w + b
    return s - epsilon * w.abs().sum() * s.sign()


def smallest_epsilon(w, b, x):
    return (x @ w).abs() / w.abs().sum()


# %% wrong="worst_score: direction from the score without b; breaks: down if it was positive, seen when b turns the sign"
def worst_score(w, b, x, epsilon):
    s = x @ w + b
    return s - epsilon * w.abs().sum() * (x @ w).sign()


def smallest_epsilon(w, b, x):
    return (x @ w + b).abs() / w.abs().sum()


# %% wrong="worst_score: largest weight times the number of pixels; breaks: the best attack just reaches 0, seen with weights of different size"
def worst_score(w, b, x, epsilon):
    s = x @ w + b
    return s - epsilon * w.abs().sum() * s.sign()


def smallest_epsilon(w, b, x):
    return (x @ w + b).abs() / (w.abs().max() * len(w))


# %% wrong="worst_score: always down; breaks: up if it was negative"
def worst_score(w, b, x, epsilon):
    s = x @ w + b
    return s - epsilon * w.abs().sum()


def smallest_epsilon(w, b, x):
    return (x @ w + b).abs() / w.abs().sum()


# %% wrong="worst_score: makes the weights positive in place; breaks: leaves its inputs unchanged"
def worst_score(w, b, x, epsilon):
    s = x @ w + b
    return s - epsilon * w.abs().sum() * s.sign()


def smallest_epsilon(w, b, x):
    return (x @ w + b).abs() / w.abs_().sum()


# %% wrong="worst_score: float32 by a new tensor; breaks: returns tensors of the same type, seen with float64"
def worst_score(w, b, x, epsilon):
    s = x @ w + b
    return s - epsilon * w.abs().sum() * s.sign()


def smallest_epsilon(w, b, x):
    return torch.tensor(((x @ w + b).abs() / w.abs().sum()).tolist())


# %% right="attack_normalised: only the bounds are normalised"
def attack_normalised(net, x, y, epsilon, mean, std):
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    attacked = x + epsilon / std * grad.sign()
    return attacked.clamp((0 - mean) / std, (1 - mean) / std).detach()


# %% right="attack_normalised: back to ink, clip there, and normalise again"
def attack_normalised(net, x, y, epsilon, mean, std):
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    ink = x.detach() * std + mean
    ink = torch.clip(ink + epsilon * grad.sign(), 0, 1)
    return (ink - mean) / std


# %% right="attack_normalised: bounds through a helper, maximum and minimum under no_grad, the slope by the summed loss"
def attack_normalised(net, x, y, epsilon, mean, std):
    def normalised(ink):
        return (torch.full_like(x, ink) - mean) / std

    leaf = x.detach().clone().requires_grad_()
    with torch.enable_grad():
        loss = F.cross_entropy(net(leaf), y, reduction="sum")
    (grad,) = torch.autograd.grad(loss, leaf)
    with torch.no_grad():
        attacked = torch.add(x, torch.sign(grad), alpha=epsilon / std)
        return torch.minimum(torch.maximum(attacked, normalised(0.0)), normalised(1.0))


# %% wrong="attack_normalised: no clamp at all; breaks: ink stays between none and full, seen with paper and epsilon 0.1"
def attack_normalised(net, x: torch.Tensor, y: torch.Tensor, epsilon: float, mean: float, std: float) -> torch.Tensor:
    """Attacked pictures, normalised as x (batch, ...) is; epsilon is in ink, from 0 to 1, before normalising."""
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    attacked = x + epsilon / std * grad.sign()
    return attacked.detach()


# %% wrong="attack_normalised: right bounds but a step of epsilon; breaks: epsilon is meant in ink, seen with std 0.5 and epsilon 0.1"
def attack_normalised(net, x: torch.Tensor, y: torch.Tensor, epsilon: float, mean: float, std: float) -> torch.Tensor:
    """Attacked pictures, normalised as x (batch, ...) is; epsilon is in ink, from 0 to 1, before normalising."""
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    attacked = x + epsilon * grad.sign()
    return attacked.clamp(-mean / std, (1 - mean) / std).detach()


# %% wrong="attack_normalised: only the lower bound; breaks: ink stays at most full, seen with full ink that moves up"
def attack_normalised(net, x: torch.Tensor, y: torch.Tensor, epsilon: float, mean: float, std: float) -> torch.Tensor:
    """Attacked pictures, normalised as x (batch, ...) is; epsilon is in ink, from 0 to 1, before normalising."""
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    attacked = x + epsilon / std * grad.sign()
    return attacked.clamp(min=-mean / std).detach()


# %% wrong="attack_normalised: bounds without std; breaks: pictures are normalised by (x - mean) / std, seen with paper at epsilon 0"
def attack_normalised(net, x: torch.Tensor, y: torch.Tensor, epsilon: float, mean: float, std: float) -> torch.Tensor:
    """Attacked pictures, normalised as x (batch, ...) is; epsilon is in ink, from 0 to 1, before normalising."""
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    attacked = x + epsilon / std * grad.sign()
    return attacked.clamp(-mean, 1 - mean).detach()


# %% wrong="attack_normalised: the repaired bounds, but x keeps its graph; breaks: its result holds no autograd graph, seen with an x that needs a gradient"
def attack_normalised(net, x: torch.Tensor, y: torch.Tensor, epsilon: float, mean: float, std: float) -> torch.Tensor:
    """Attacked pictures, normalised as x (batch, ...) is; epsilon is in ink, from 0 to 1, before normalising."""
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    attacked = leaf + epsilon / std * grad.sign()
    return attacked.clamp(-mean / std, (1 - mean) / std)


# %% wrong="attack_normalised: moves x itself; breaks: leaves x unchanged"
def attack_normalised(net, x: torch.Tensor, y: torch.Tensor, epsilon: float, mean: float, std: float) -> torch.Tensor:
    """Attacked pictures, normalised as x (batch, ...) is; epsilon is in ink, from 0 to 1, before normalising."""
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    attacked = x.detach().add_(epsilon / std * grad.sign())
    return attacked.clamp(-mean / std, (1 - mean) / std).detach()


# %% wrong="attack_normalised: returns ink; breaks: normalised as x is"
def attack_normalised(net, x: torch.Tensor, y: torch.Tensor, epsilon: float, mean: float, std: float) -> torch.Tensor:
    """Attacked pictures, normalised as x (batch, ...) is; epsilon is in ink, from 0 to 1, before normalising."""
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    attacked = x + epsilon / std * grad.sign()
    return (attacked * std + mean).clamp(0, 1).detach()


# %% wrong="plane: codes in float64; breaks: decode takes codes in float32, seen with a real network"
def in_between(start, end, n):
    share = torch.linspace(0, 1, n, dtype=start.dtype)[:, None]
    return (1 - share) * start + share * end


def plane(decode, low, high, n):
    line = torch.linspace(low, high, n, dtype=torch.float64)
    codes = torch.stack([line.repeat(n), line.flip(0).repeat_interleave(n)], dim=1)
    small = decode(codes)
    side = math.isqrt(small.shape[1])
    return small.reshape(n, n, side, side).permute(0, 2, 1, 3).reshape(n * side, n * side)


# %% wrong="evidence: shifts all pictures by the largest logarithm of the batch; breaks: the result must be right all the same, seen with -200 and -5000 in one batch"
def log_weights(log_likelihood, mean, logvar, codes):
    log_p = -0.5 * (math.log(2 * math.pi) + codes**2).sum(dim=2)
    log_q = -0.5 * (math.log(2 * math.pi) + logvar + (codes - mean) ** 2 / torch.exp(logvar)).sum(dim=2)
    return log_likelihood + log_p - log_q


def elbo(log_likelihood, mean, logvar, codes):
    return log_weights(log_likelihood, mean, logvar, codes).mean(dim=0)


def log_evidence(log_likelihood, mean, logvar, codes):
    logs = log_weights(log_likelihood, mean, logvar, codes)
    return logs.max() + (logs - logs.max()).exp().mean(dim=0).log()


# %% wrong="fgsm: attacks the reader's own answer; breaks: the gradient of the picture's own loss, by its label, seen with a picture that is misread before"
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


# %% wrong="fgsm: keeps all whose answer changes; breaks: read correctly before the attack, seen with a picture that is misread before and differently after"
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
        for place in torch.nonzero((before != after) & (after != y))[:, 0].tolist():
            if len(fooled) < keep:
                fooled.append((before[place].item(), after[place].item(), attacked[place]))
    return right / seen, fooled


# %% wrong="attack_normalised: bounds of the batch's own pixels; breaks: ink stays between none and full, seen with a grey picture that may still move"
def attack_normalised(net, x: torch.Tensor, y: torch.Tensor, epsilon: float, mean: float, std: float) -> torch.Tensor:
    """Attacked pictures, normalised as x (batch, ...) is; epsilon is in ink, from 0 to 1, before normalising."""
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    attacked = x + epsilon / std * grad.sign()
    return attacked.clamp(x.min().item(), x.max().item()).detach()
