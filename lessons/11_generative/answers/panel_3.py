# Answers by a panel that read only the released notebook: what `course audit` grades and counts apart. No student sees them.

# %% right="Autoencoder: waist computed by F.linear from the layers own matrices; mean over pictures first, then the sum over pixels; mean over all divided by one picture in pixels"
class Autoencoder(nn.Module):
    """Pictures (batch, pixels) to their codes (batch, codes) and to logits (batch, pixels) of their drawings."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        z = F.linear(F.relu(F.linear(x, self.encoder[0].weight, self.encoder[0].bias)), *self.encoder[2].parameters())
        return z, self.decoder(z)


def squared_loss(drawing: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Squared differences, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return ((x - drawing) ** 2).mean(dim=0).sum()


def ink_loss(logits: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return F.binary_cross_entropy_with_logits(logits, x, reduction="mean") / (len(x) / x.numel())


# %% right="Autoencoder: squares a norm of each row; divides by all numbers and multiplies by the pixels; layers one by one with a walrus"
class Autoencoder(nn.Module):
    """Pictures (batch, pixels) to their codes (batch, codes) and to logits (batch, pixels) of their drawings."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        z = [code := x, *[code := layer(code) for layer in self.encoder]][-1]
        return z, nn.Sequential(*self.decoder)(z)


def squared_loss(drawing: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Squared differences, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return ((torch.linalg.vector_norm(drawing - x, dim=1)) ** 2).mean().reshape(())


def ink_loss(logits: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / logits.numel() * logits.shape[1]


# %% right="Autoencoder: sizes read off the other layers, matrix product with ones as the sum over pixels"
class Autoencoder(nn.Module):
    """Pictures (batch, pixels) to their codes (batch, codes) and to logits (batch, pixels) of their drawings."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, codes))
        a, _, b = self.encoder
        self.decoder = nn.Sequential(nn.Linear(b.out_features, hidden), nn.ReLU(), nn.Linear(hidden, a.in_features))

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        z = self.encoder.forward(input=x)
        return z, self.decoder.forward(input=z)


def squared_loss(drawing: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Squared differences, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return ((torch.sub(input=drawing, other=x)) ** 2).matmul(torch.ones_like(x[0])).mean(dim=0)


def ink_loss(logits: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / logits[:, 0].numel()


# %% wrong="Autoencoder: adds up over the pictures and averages over the pixels, in both losses; breaks: added up over the pixels, and averaged over the pictures, unseen where there are as many pictures as pixels, seen with 3 pictures of 5 pixels"
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
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / x.shape[1]


# %% wrong="Autoencoder: a ReLU at the waist, so no number of a code is ever negative; breaks: one hidden layer, code is what the encoder gives out, seen with weights that make a code negative"
class Autoencoder(nn.Module):
    """Pictures (batch, pixels) to their codes (batch, codes) and to logits (batch, pixels) of their drawings."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        z = self.encoder(x).relu()
        return z, self.decoder(z)


def squared_loss(drawing: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Squared differences, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return ((drawing - x) ** 2).sum(dim=1).mean()


def ink_loss(logits: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)


# %% wrong="Autoencoder: switches the network to evaluation mode in passing; breaks: leaves no trace, training mode is as it was before"
class Autoencoder(nn.Module):
    """Pictures (batch, pixels) to their codes (batch, codes) and to logits (batch, pixels) of their drawings."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        z = self.train(False).encoder(x)
        return z, self.decoder(z)


def squared_loss(drawing: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Squared differences, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return ((drawing - x) ** 2).sum(dim=1).mean()


def ink_loss(logits: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy, added up over the pixels, and averaged over the pictures (batch, pixels)."""
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)


# %% right="plane: F.fold lays the patches, cartesian_prod makes the codes, weights of both ends written out"
def in_between(start: torch.Tensor, end: torch.Tensor, n: int) -> torch.Tensor:
    """n codes (n, codes) from start (codes,) to end (codes,)."""
    return torch.stack([(start * (n - 1 - i) + end * i) / (n - 1) for i in range(n)])


def plane(decode, low: float, high: float, n: int) -> torch.Tensor:
    """The map (n * side, n * side) of what decode draws for the codes from low to high."""
    across = torch.linspace(low, high, n, dtype=torch.float32)
    codes = torch.cartesian_prod(across.flip(0), across).flip(1)  # (second, first) turned round
    pictures = decode(codes)
    side = math.isqrt(pictures.shape[1])
    sheet = F.fold(pictures.T[None], output_size=(n * side, n * side), kernel_size=side, stride=side)
    return sheet[0, 0]


# %% right="plane: one call of decode for each place, pasted into a canvas that is made when the first picture is there; lerp"
def in_between(start: torch.Tensor, end: torch.Tensor, n: int) -> torch.Tensor:
    """n codes (n, codes) from start (codes,) to end (codes,)."""
    share = torch.linspace(0, 1, n, dtype=start.dtype)
    return torch.lerp(start.expand(n, -1), end.expand(n, -1), share[:, None].expand(-1, len(start)))


def plane(decode, low: float, high: float, n: int) -> torch.Tensor:
    """The map (n * side, n * side) of what decode draws for the codes from low to high."""
    canvas, side = None, 0
    for place in range(n * n):
        row, column = divmod(place, n)
        first = low + (high - low) * column / (n - 1)
        second = high - (high - low) * row / (n - 1)
        small = decode(torch.tensor([[first, second]], dtype=torch.float32))
        if canvas is None:
            side = round(small.numel() ** 0.5)
            canvas = small.new_empty(n * side, n * side)
        canvas[row * side : (row + 1) * side, column * side : (column + 1) * side] = small.reshape(side, side)
    return canvas


# %% right="plane: numpy inside: linspace between arrays, mgrid for the codes, np.block for the sheet"
def in_between(start: torch.Tensor, end: torch.Tensor, n: int) -> torch.Tensor:
    """n codes (n, codes) from start (codes,) to end (codes,)."""
    ends = (one.detach().cpu().double().numpy() for one in (start, end))
    return torch.from_numpy(np.linspace(*ends, num=n)).to(start.dtype)


def plane(decode, low: float, high: float, n: int) -> torch.Tensor:
    """The map (n * side, n * side) of what decode draws for the codes from low to high."""
    marks = np.linspace(low, high, n)
    second, first = np.meshgrid(marks[::-1], marks, indexing="ij")
    codes = np.stack([first.ravel(), second.ravel()], axis=1).astype(np.float32)
    pictures = decode(torch.from_numpy(codes)).detach().cpu().numpy()
    side = math.isqrt(pictures.shape[1])
    tiles = [[pictures[row * n + column].reshape(side, side) for column in range(n)] for row in range(n)]
    return torch.from_numpy(np.block(tiles))


# %% wrong="plane: steps of one from low to high; breaks: n by n pictures, for n codes of any distance, right only where high - low is n - 1, seen with -1 to 2 and n = 3"
def in_between(start: torch.Tensor, end: torch.Tensor, n: int) -> torch.Tensor:
    """n codes (n, codes) from start (codes,) to end (codes,)."""
    share = torch.linspace(0, 1, n, dtype=start.dtype)[:, None]
    return (1 - share) * start + share * end


def plane(decode, low: float, high: float, n: int) -> torch.Tensor:
    """The map (n * side, n * side) of what decode draws for the codes from low to high."""
    line = torch.arange(low, high + 1, dtype=torch.float32)
    second, first = torch.meshgrid(line.flip(0), line, indexing="ij")
    pictures = decode(torch.stack([first.flatten(), second.flatten()], dim=1))
    side = math.isqrt(pictures.shape[1])
    return pictures.reshape(n, n, side, side).transpose(1, 2).reshape(n * side, n * side)


# %% wrong="plane: lays the rows upwards, and then turns the whole sheet over, small pictures too; breaks: what decode draws, every picture stands on its head, unseen with one pixel, seen with pictures of 4"
def in_between(start: torch.Tensor, end: torch.Tensor, n: int) -> torch.Tensor:
    """n codes (n, codes) from start (codes,) to end (codes,)."""
    share = torch.linspace(0, 1, n, dtype=start.dtype)[:, None]
    return (1 - share) * start + share * end


def plane(decode, low: float, high: float, n: int) -> torch.Tensor:
    """The map (n * side, n * side) of what decode draws for the codes from low to high."""
    line = torch.linspace(low, high, n)
    second, first = torch.meshgrid(line, line, indexing="ij")
    pictures = decode(torch.stack([first.flatten(), second.flatten()], dim=1))
    side = math.isqrt(pictures.shape[1])
    return pictures.reshape(n, n, side, side).transpose(1, 2).reshape(n * side, n * side).flip(0)


# %% wrong="plane: a canvas of zeros of the default type; breaks: returns tensors of the same type, a decoder that draws in float64 gets a float32 map"
def in_between(start: torch.Tensor, end: torch.Tensor, n: int) -> torch.Tensor:
    """n codes (n, codes) from start (codes,) to end (codes,)."""
    share = torch.linspace(0, 1, n, dtype=start.dtype)[:, None]
    return (1 - share) * start + share * end


def plane(decode, low: float, high: float, n: int) -> torch.Tensor:
    """The map (n * side, n * side) of what decode draws for the codes from low to high."""
    line = torch.linspace(low, high, n)
    rows = [decode(torch.stack([line, torch.full((n,), float(second))], dim=1)) for second in line.flip(0)]
    side = math.isqrt(rows[0].shape[1])
    canvas = torch.zeros(n * side, n * side)
    for i, row in enumerate(rows):
        for j, small in enumerate(row):
            canvas[i * side : i * side + side, j * side : j * side + side] = small.reshape(side, side)
    return canvas


# %% wrong="plane: the map begins at 0, whatever low is; breaks: from low to high, unseen with low = 0, seen with low = -1"
def in_between(start: torch.Tensor, end: torch.Tensor, n: int) -> torch.Tensor:
    """n codes (n, codes) from start (codes,) to end (codes,)."""
    share = torch.linspace(0, 1, n, dtype=start.dtype)[:, None]
    return (1 - share) * start + share * end


def plane(decode, low: float, high: float, n: int) -> torch.Tensor:
    """The map (n * side, n * side) of what decode draws for the codes from low to high."""
    line = high * torch.arange(n) / (n - 1)
    second, first = torch.meshgrid(line.flip(0), line, indexing="ij")
    pictures = decode(torch.stack([first.flatten(), second.flatten()], dim=1))
    side = math.isqrt(pictures.shape[1])
    return pictures.reshape(n, n, side, side).transpose(1, 2).reshape(n * side, n * side)


# %% wrong="plane: in_between always gives start, middle and end; breaks: n codes, seen with n = 4"
def in_between(start: torch.Tensor, end: torch.Tensor, n: int) -> torch.Tensor:
    """n codes (n, codes) from start (codes,) to end (codes,)."""
    return torch.stack([start, (start + end) / 2, end])


def plane(decode, low: float, high: float, n: int) -> torch.Tensor:
    """The map (n * side, n * side) of what decode draws for the codes from low to high."""
    line = torch.linspace(low, high, n)
    second, first = torch.meshgrid(line.flip(0), line, indexing="ij")
    pictures = decode(torch.stack([first.flatten(), second.flatten()], dim=1))
    side = math.isqrt(pictures.shape[1])
    return pictures.reshape(n, n, side, side).transpose(1, 2).reshape(n * side, n * side)


# %% right="who: difference of two squares as a product, one person after the other in a generator of candidates"
def triplet_loss(anchor, positive, negative, margin: float) -> torch.Tensor:
    """The mean loss () of triplets of codes, each (batch, codes)."""
    gap = (positive - negative) * (positive + negative - 2 * anchor)  # |a - p|^2 - |a - n|^2, number by number
    return torch.relu(gap.sum(dim=1) + margin).mean()


def recognise(code: torch.Tensor, known: torch.Tensor, names: list[str], limit: float) -> str | None:
    """The name of the nearest of the known codes (people, codes), unless it is too far from code (codes,)."""
    best_name, best = None, None
    for name, person in zip(names, known, strict=True):
        apart = person - code
        square = apart @ apart
        if square <= limit and (best is None or square < best):
            best_name, best = name, square
    return best_name


# %% right="who: margin_ranking_loss of the two squared distances; topk with largest=False, early return"
def triplet_loss(anchor, positive, negative, margin: float) -> torch.Tensor:
    """The mean loss () of triplets of codes, each (batch, codes)."""
    near, far = (F.mse_loss(anchor, other, reduction="none").sum(dim=-1) for other in (positive, negative))
    return F.margin_ranking_loss(far, near, torch.ones_like(far), margin=margin)


def recognise(code: torch.Tensor, known: torch.Tensor, names: list[str], limit: float) -> str | None:
    """The name of the nearest of the known codes (people, codes), unless it is too far from code (codes,)."""
    square, place = torch.topk(((known - code) ** 2).sum(dim=1), k=1, largest=False)
    if (square > limit).item():
        return None
    return names[place.item()]


# %% right="who: triplet by triplet in a list; numpy inside, people sorted by distance and the first one asked"
def triplet_loss(anchor, positive, negative, margin: float) -> torch.Tensor:
    """The mean loss () of triplets of codes, each (batch, codes)."""
    losses = []
    for a, p, n in zip(anchor, positive, negative, strict=True):
        loss = torch.dot(a - p, a - p) - torch.dot(a - n, a - n) + margin
        losses.append(loss if loss > 0 else loss * 0)
    return torch.stack(losses).mean()


def recognise(code: torch.Tensor, known: torch.Tensor, names: list[str], limit: float) -> str | None:
    """The name of the nearest of the known codes (people, codes), unless it is too far from code (codes,)."""
    apart = known.detach().cpu().numpy() - code.detach().cpu().numpy()
    squares = np.einsum("pc,pc->p", apart, apart)
    order = np.argsort(squares, kind="stable")
    return names[order[0]] if squares[order[0]] <= limit else None


# %% wrong="who: opens for the first person who is near enough; breaks: the name of the nearest one, seen where two people are within the limit and the nearer one comes later"
def triplet_loss(anchor, positive, negative, margin: float) -> torch.Tensor:
    """The mean loss () of triplets of codes, each (batch, codes)."""
    near = (anchor - positive).square().sum(dim=1)
    far = (anchor - negative).square().sum(dim=1)
    return (near - far + margin).clamp(min=0).mean()


def recognise(code: torch.Tensor, known: torch.Tensor, names: list[str], limit: float) -> str | None:
    """The name of the nearest of the known codes (people, codes), unless it is too far from code (codes,)."""
    for person, name in zip(known, names, strict=True):
        if (person - code).square().sum() <= limit:
            return name
    return None


# %% wrong="who: averages over the triplets that still cost something; breaks: the mean of L over the triplets, seen where one of two triplets is easy"
def triplet_loss(anchor, positive, negative, margin: float) -> torch.Tensor:
    """The mean loss () of triplets of codes, each (batch, codes)."""
    loss = ((anchor - positive) ** 2).sum(dim=1) - ((anchor - negative) ** 2).sum(dim=1) + margin
    loss = loss.clamp(min=0)
    return loss.sum() / (loss > 0).sum().clamp(min=1)


def recognise(code: torch.Tensor, known: torch.Tensor, names: list[str], limit: float) -> str | None:
    """The name of the nearest of the known codes (people, codes), unless it is too far from code (codes,)."""
    distances = (known - code).square().sum(dim=1)
    place = int(distances.argmin())
    return None if distances[place] > limit else names[place]


# %% wrong="who: moves the known codes to the asked one in place; breaks: leaves its inputs unchanged, unseen while the code is all zeros, seen with any other"
def triplet_loss(anchor, positive, negative, margin: float) -> torch.Tensor:
    """The mean loss () of triplets of codes, each (batch, codes)."""
    near = (anchor - positive).square().sum(dim=1)
    far = (anchor - negative).square().sum(dim=1)
    return (near - far + margin).clamp(min=0).mean()


def recognise(code: torch.Tensor, known: torch.Tensor, names: list[str], limit: float) -> str | None:
    """The name of the nearest of the known codes (people, codes), unless it is too far from code (codes,)."""
    distances = known.sub_(code).pow(2).sum(dim=1)
    place = int(distances.argmin())
    return names[place] if distances[place] <= limit else None


# %% wrong="who: picks the person with the largest inner product and then checks the distance; breaks: the name of the nearest one, seen with a long known code in the same direction"
def triplet_loss(anchor, positive, negative, margin: float) -> torch.Tensor:
    """The mean loss () of triplets of codes, each (batch, codes)."""
    near = (anchor - positive).square().sum(dim=1)
    far = (anchor - negative).square().sum(dim=1)
    return (near - far + margin).clamp(min=0).mean()


def recognise(code: torch.Tensor, known: torch.Tensor, names: list[str], limit: float) -> str | None:
    """The name of the nearest of the known codes (people, codes), unless it is too far from code (codes,)."""
    place = int((known @ code).argmax())
    distance = ((known[place] - code) ** 2).sum()
    return names[place] if distance <= limit else None


# %% wrong="who: measures the way to the negative without a graph; breaks: gradients flow back to negative (and the whole slope of anchor)"
def triplet_loss(anchor, positive, negative, margin: float) -> torch.Tensor:
    """The mean loss () of triplets of codes, each (batch, codes)."""
    near = F.pairwise_distance(anchor, positive, eps=0) ** 2
    with torch.no_grad():
        far = F.pairwise_distance(anchor, negative, eps=0) ** 2
    return F.relu(near - far + margin).mean()


def recognise(code: torch.Tensor, known: torch.Tensor, names: list[str], limit: float) -> str | None:
    """The name of the nearest of the known codes (people, codes), unless it is too far from code (codes,)."""
    distances = (known - code).square().sum(dim=1)
    place = int(distances.argmin())
    return None if distances[place] > limit else names[place]


# %% right="draw_code: Box and Muller: normal numbers out of two uniform ones"
def draw_code(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """A draw from the normal distributions with these means and log-variances, in their shape."""
    return draw_many(mean, logvar, 1)[0]


def draw_many(mean: torch.Tensor, logvar: torch.Tensor, k: int) -> torch.Tensor:
    """k draws (k, batch, codes)."""
    first, second = torch.rand(2, k, *mean.shape, dtype=torch.float64)
    noise = torch.sqrt(-2 * torch.log1p(-first)) * torch.cos(2 * math.pi * second)
    return mean + logvar.mul(0.5).exp() * noise.to(mean.dtype)


# %% right="draw_code: a transformed distribution of torch, rsample keeps the slope"
def draw_code(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """A draw from the normal distributions with these means and log-variances, in their shape."""
    base = torch.distributions.Normal(torch.zeros_like(mean), torch.ones_like(mean))
    moved = torch.distributions.AffineTransform(loc=mean, scale=(logvar / 2).exp())
    return torch.distributions.TransformedDistribution(base, [moved]).rsample()


def draw_many(mean: torch.Tensor, logvar: torch.Tensor, k: int) -> torch.Tensor:
    """k draws (k, batch, codes)."""
    one_after_the_other = (draw_code(mean, logvar) for _ in range(k))
    return torch.stack(list(one_after_the_other), dim=0)


# %% right="draw_code: the inverse of the normal distribution function at uniform numbers in float64; addcmul; the square root of the variance"
def draw_code(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """A draw from the normal distributions with these means and log-variances, in their shape."""
    chance = torch.rand(mean.shape, dtype=torch.float64).clamp(1e-15, 1 - 1e-15)
    return torch.addcmul(mean, torch.exp(0.5 * logvar), torch.special.ndtri(chance).to(mean))


def draw_many(mean: torch.Tensor, logvar: torch.Tensor, k: int) -> torch.Tensor:
    """k draws (k, batch, codes)."""
    copies = [one.unsqueeze(0).repeat(k, *[1] * one.dim()) for one in (mean, logvar)]
    return draw_code(*copies)


# %% wrong="draw_code: a power of two in place of the exponential; breaks: sigma is e to the logvar / 2, unseen with logvar -60, seen with any moderate logvar"
def draw_code(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """A draw from the normal distributions with these means and log-variances, in their shape."""
    return mean + 2 ** (logvar / 2) * torch.randn_like(mean)


def draw_many(mean: torch.Tensor, logvar: torch.Tensor, k: int) -> torch.Tensor:
    """k draws (k, batch, codes)."""
    return mean + 2 ** (logvar / 2) * torch.randn(k, *mean.shape, dtype=mean.dtype)


# %% wrong="draw_code: uniform noise with mean 0 and variance 1; breaks: a draw from the normal distributions, no draw is ever farther than 1.74 sigma from the mean"
def draw_code(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """A draw from the normal distributions with these means and log-variances, in their shape."""
    noise = (torch.rand_like(mean) - 0.5) * math.sqrt(12)
    return mean + torch.exp(logvar / 2) * noise


def draw_many(mean: torch.Tensor, logvar: torch.Tensor, k: int) -> torch.Tensor:
    """k draws (k, batch, codes)."""
    return torch.stack([draw_code(mean, logvar) for _ in range(k)])


# %% wrong="draw_code: the standard deviation is computed without a graph; breaks: gradients flow back to logvar, only the mean gets one"
def draw_code(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """A draw from the normal distributions with these means and log-variances, in their shape."""
    with torch.no_grad():
        deviation = torch.exp(logvar / 2)
    return mean + deviation * torch.randn_like(mean)


def draw_many(mean: torch.Tensor, logvar: torch.Tensor, k: int) -> torch.Tensor:
    """k draws (k, batch, codes)."""
    with torch.no_grad():
        deviation = torch.exp(logvar / 2)
    return mean + deviation * torch.randn(k, *mean.shape, dtype=mean.dtype)


# %% wrong="draw_code: repeats each row k times and reads the result as k batches; breaks: k draws of a whole batch, rows get the means of others, unseen in a batch of one, seen with two rows of different means"
def draw_code(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """A draw from the normal distributions with these means and log-variances, in their shape."""
    return mean + torch.exp(logvar / 2) * torch.randn_like(mean)


def draw_many(mean: torch.Tensor, logvar: torch.Tensor, k: int) -> torch.Tensor:
    """k draws (k, batch, codes)."""
    many = draw_code(mean.repeat_interleave(k, dim=0), logvar.repeat_interleave(k, dim=0))
    return many.reshape(k, *mean.shape)


# %% wrong="draw_code: one noise for each number of the code, shared by all rows of the batch; breaks: one draw for each entry, seen in a batch of equal rows, which come out equal"
def draw_code(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """A draw from the normal distributions with these means and log-variances, in their shape."""
    return mean + torch.exp(logvar / 2) * torch.randn(mean.shape[-1], dtype=mean.dtype)


def draw_many(mean: torch.Tensor, logvar: torch.Tensor, k: int) -> torch.Tensor:
    """k draws (k, batch, codes)."""
    return torch.stack([draw_code(mean, logvar) for _ in range(k)])


# %% right="kl: multivariate normal distributions with diagonal Cholesky factors do it all"
def kl_to_normal(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """The divergence (batch,) of normal distributions (batch, codes) from the standard normal one."""
    normal = torch.distributions.MultivariateNormal
    cloud = normal(mean, scale_tril=torch.diag_embed(torch.exp(logvar / 2)))
    middle = normal(torch.zeros_like(mean), scale_tril=torch.eye(mean.shape[1], dtype=mean.dtype))
    return torch.distributions.kl_divergence(cloud, middle)


def kl_by_draws(mean: torch.Tensor, logvar: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
    """The same (batch,), estimated from codes (k, batch, codes) that were drawn from the distributions."""
    normal = torch.distributions.MultivariateNormal
    cloud = normal(mean, scale_tril=torch.diag_embed(torch.exp(logvar / 2)))
    middle = normal(torch.zeros_like(mean), scale_tril=torch.eye(mean.shape[1], dtype=mean.dtype))
    return torch.mean(cloud.log_prob(codes) - middle.log_prob(codes), dim=0)


# %% right="kl: expm1 for variance minus one; number by number and row by row, stacked at the end"
def kl_to_normal(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """The divergence (batch,) of normal distributions (batch, codes) from the standard normal one."""
    rows = []
    for m, v in zip(mean, logvar, strict=True):
        rows.append(sum((m[j].square() + torch.expm1(v[j]) - v[j]) / 2 for j in range(len(m))))
    return torch.stack(rows)


def kl_by_draws(mean: torch.Tensor, logvar: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
    """The same (batch,), estimated from codes (k, batch, codes) that were drawn from the distributions."""
    found = []
    for row in range(len(mean)):
        total = 0
        for j in range(mean.shape[1]):
            z, m, v = codes[:, row, j], mean[row, j], logvar[row, j]
            total = total + (z.square() - (z - m).square() * torch.exp(-v) - v).mean() / 2
        found.append(total)
    return torch.stack(found)


# %% right="kl: an inner log density, one draw after the other; einsum for all sums"
def kl_to_normal(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """The divergence (batch,) of normal distributions (batch, codes) from the standard normal one."""
    halves = torch.full_like(mean, 0.5)
    return torch.einsum("bc,bc->b", halves, mean * mean + logvar.exp().sub(1).sub(logvar))


def kl_by_draws(mean: torch.Tensor, logvar: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
    """The same (batch,), estimated from codes (k, batch, codes) that were drawn from the distributions."""

    def log_normal(z, centre, log_variance):
        return -(math.log(2 * math.pi) + log_variance + (z - centre) ** 2 * torch.exp(-log_variance)) / 2

    zero = torch.zeros_like(mean)
    each = torch.stack([log_normal(z, mean, logvar) - log_normal(z, zero, zero) for z in codes])
    return torch.einsum("kbc->b", each) / len(codes)


# %% wrong="kl: the divergence of the standard normal distribution from the cloud, the other way round; breaks: the formula given, unseen where logvar is 0, seen with any other"
def kl_to_normal(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """The divergence (batch,) of normal distributions (batch, codes) from the standard normal one."""
    return 0.5 * ((1 + mean**2) / logvar.exp() + logvar - 1).sum(dim=1)


def kl_by_draws(mean: torch.Tensor, logvar: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
    """The same (batch,), estimated from codes (k, batch, codes) that were drawn from the distributions."""
    ratio = 0.5 * (codes**2 - (codes - mean) ** 2 / logvar.exp() - logvar)
    return ratio.sum(dim=2).mean(dim=0)


# %% wrong="kl: takes the mean of the draws first and asks only there; breaks: the mean of log q - log p over the k draws, unseen with one draw, seen with two different ones"
def kl_to_normal(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """The divergence (batch,) of normal distributions (batch, codes) from the standard normal one."""
    return 0.5 * (mean**2 + logvar.exp() - logvar - 1).sum(dim=1)


def kl_by_draws(mean: torch.Tensor, logvar: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
    """The same (batch,), estimated from codes (k, batch, codes) that were drawn from the distributions."""
    middle = codes.mean(dim=0)
    log_q = torch.distributions.Normal(mean, torch.exp(logvar / 2)).log_prob(middle)
    log_p = torch.distributions.Normal(torch.zeros_like(mean), 1.0).log_prob(middle)
    return (log_q - log_p).sum(dim=1)


# %% wrong="kl: divides by one draw less, as for a variance; breaks: the mean over the k draws, seen with k = 4"
def kl_to_normal(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """The divergence (batch,) of normal distributions (batch, codes) from the standard normal one."""
    return 0.5 * (mean**2 + logvar.exp() - logvar - 1).sum(dim=1)


def kl_by_draws(mean: torch.Tensor, logvar: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
    """The same (batch,), estimated from codes (k, batch, codes) that were drawn from the distributions."""
    ratio = (codes**2 - (codes - mean) ** 2 / logvar.exp() - logvar) / 2
    return ratio.sum(dim=(0, 2)) / max(len(codes) - 1, 1)


# %% wrong="kl: adds up in a tensor of the default type; breaks: returns tensors of the same type, float64 comes back as float32"
def kl_to_normal(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """The divergence (batch,) of normal distributions (batch, codes) from the standard normal one."""
    return 0.5 * (mean**2 + logvar.exp() - logvar - 1).sum(dim=1)


def kl_by_draws(mean: torch.Tensor, logvar: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
    """The same (batch,), estimated from codes (k, batch, codes) that were drawn from the distributions."""
    total = torch.zeros(len(mean))
    for z in codes:
        total += (0.5 * (z**2 - (z - mean) ** 2 / logvar.exp() - logvar)).sum(dim=1) / len(codes)
    return total


# %% wrong="kl: reads logvar as the logarithm of sigma, in both; breaks: logvar is log sigma squared, unseen where logvar is 0, seen with any other"
def kl_to_normal(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """The divergence (batch,) of normal distributions (batch, codes) from the standard normal one."""
    return (mean**2 + torch.exp(logvar) ** 2 - 1).sum(dim=1) / 2 - logvar.sum(dim=1)


def kl_by_draws(mean: torch.Tensor, logvar: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
    """The same (batch,), estimated from codes (k, batch, codes) that were drawn from the distributions."""
    log_q = torch.distributions.Normal(mean, torch.exp(logvar)).log_prob(codes)
    log_p = torch.distributions.Normal(torch.zeros_like(mean), 1.0).log_prob(codes)
    return (log_q - log_p).sum(dim=2).mean(dim=0)


# %% right="VAE: unflatten and unbind cut the halves; both sums divided by the pictures"
class VAE(nn.Module):
    """Pictures (batch, pixels) to clouds and drawings of codes that are drawn from them."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, codes + codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor, draw) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Means and log-variances (batch, codes), and the logits of the drawings (batch, pixels)."""
        mean, logvar = self.encoder(x).unflatten(1, (2, -1)).unbind(1)
        z = draw(mean, logvar)
        return mean, logvar, self.decoder(z)


def vae_loss(x: torch.Tensor, logits: torch.Tensor, kl: torch.Tensor, beta: float = 1.0) -> torch.Tensor:
    """The loss of drawings (batch, pixels) with divergences kl (batch,), averaged over the pictures."""
    ink = F.binary_cross_entropy_with_logits(logits, x, reduction="none").flatten(1).sum(1)
    return (ink.sum() + beta * kl.sum()).div(len(x))


# %% right="VAE: transposed, cut along axis 0 and turned back, the sum over pixels as a product with ones"
class VAE(nn.Module):
    """Pictures (batch, pixels) to clouds and drawings of codes that are drawn from them."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, 2 * codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor, draw) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Means and log-variances (batch, codes), and the logits of the drawings (batch, pixels)."""
        (mean, logvar) = self.encoder(x).T.reshape(2, -1, len(x)).transpose(1, 2)
        z = draw(*(mean, logvar))
        return mean, logvar, self.decoder(z)


def vae_loss(x: torch.Tensor, logits: torch.Tensor, kl: torch.Tensor, beta: float = 1.0) -> torch.Tensor:
    """The loss of drawings (batch, pixels) with divergences kl (batch,), averaged over the pictures."""
    ink = F.binary_cross_entropy_with_logits(logits, x, reduction="none").matmul(torch.ones_like(x[0]))
    return (torch.add(ink, kl, alpha=beta)).mean(dim=0)


# %% right="VAE: tensor_split with names in a list, size of the code read off the encoder, two means added"
class VAE(nn.Module):
    """Pictures (batch, pixels) to clouds and drawings of codes that are drawn from them."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, 2 * codes))
        both = self.encoder[-1].out_features
        self.decoder = nn.Sequential(nn.Linear(both // 2, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor, draw) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Means and log-variances (batch, codes), and the logits of the drawings (batch, pixels)."""
        [mean, logvar] = self.encoder(x).tensor_split(2, dim=-1)
        z = draw(mean, logvar)
        return mean, logvar, self.decoder(input=z)


def vae_loss(x: torch.Tensor, logits: torch.Tensor, kl: torch.Tensor, beta: float = 1.0) -> torch.Tensor:
    """The loss of drawings (batch, pixels) with divergences kl (batch,), averaged over the pictures."""
    ink = F.binary_cross_entropy_with_logits(logits, x, reduction="none").mean(dim=-1).mul(x.shape[-1])
    return (torch.stack([ink, beta * kl]).mean(dim=1)).sum()


# %% wrong="VAE: hands the draw a standard deviation; breaks: draw is a function like your draw_code, which takes log-variances"
class VAE(nn.Module):
    """Pictures (batch, pixels) to clouds and drawings of codes that are drawn from them."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, 2 * codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor, draw) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Means and log-variances (batch, codes), and the logits of the drawings (batch, pixels)."""
        mean, logvar = self.encoder(x).chunk(2, dim=1)
        z = draw(mean, torch.exp(0.5 * logvar))
        return mean, logvar, self.decoder(z)


def vae_loss(x: torch.Tensor, logits: torch.Tensor, kl: torch.Tensor, beta: float = 1.0) -> torch.Tensor:
    """The loss of drawings (batch, pixels) with divergences kl (batch,), averaged over the pictures."""
    ink = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(dim=1)
    return (ink + beta * kl).mean()


# %% wrong="VAE: takes the draw for noise and shifts and scales it once more; breaks: draw is a function like your draw_code, which already gives codes"
class VAE(nn.Module):
    """Pictures (batch, pixels) to clouds and drawings of codes that are drawn from them."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, 2 * codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x: torch.Tensor, draw) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Means and log-variances (batch, codes), and the logits of the drawings (batch, pixels)."""
        mean, logvar = self.encoder(x).chunk(2, dim=1)
        z = mean + torch.exp(logvar / 2) * draw(mean, logvar)
        return mean, logvar, self.decoder(z)


def vae_loss(x: torch.Tensor, logits: torch.Tensor, kl: torch.Tensor, beta: float = 1.0) -> torch.Tensor:
    """The loss of drawings (batch, pixels) with divergences kl (batch,), averaged over the pictures."""
    ink = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(dim=1)
    return (ink + beta * kl).mean()


# %% wrong="VAE: divides by two because the example has two pictures; breaks: averaged over the pictures, seen with one picture or with three"
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
    return (ink + beta * kl).sum().div(2)


# %% right="evidence: adds up in logarithms, one draw after the other, by logaddexp"
from functools import reduce


def elbo(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The mean over the draws (batch,) of log p(x|z) + log p(z) − log q(z|x)."""
    ratio = 0.5 * (logvar + (codes - mean) ** 2 / logvar.exp() - codes**2)  # log p(z) - log q(z|x), constants cancel
    weights = log_likelihood + ratio.sum(dim=2)
    return reduce(torch.add, weights) / len(weights)


def log_evidence(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The logarithm (batch,) of the estimate of p(x) by importance sampling."""
    ratio = 0.5 * (logvar + (codes - mean) ** 2 / logvar.exp() - codes**2)  # log p(z) - log q(z|x), constants cancel
    weights = log_likelihood + ratio.sum(dim=2)
    return reduce(torch.logaddexp, weights) - math.log(len(weights))


# %% right="evidence: what a log-softmax takes away is the log-sum; multivariate normal distributions for the ratio"
def elbo(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The mean over the draws (batch,) of log p(x|z) + log p(z) − log q(z|x)."""
    normal = torch.distributions.MultivariateNormal
    q = normal(mean, scale_tril=torch.diag_embed(torch.exp(logvar / 2)))
    p = normal(torch.zeros_like(mean), scale_tril=torch.eye(mean.shape[-1], dtype=mean.dtype))
    return log_likelihood.mean(dim=0) + (p.log_prob(codes) - q.log_prob(codes)).mean(dim=0)


def log_evidence(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The logarithm (batch,) of the estimate of p(x) by importance sampling."""
    normal = torch.distributions.MultivariateNormal
    q = normal(mean, scale_tril=torch.diag_embed(torch.exp(logvar / 2)))
    p = normal(torch.zeros_like(mean), scale_tril=torch.eye(mean.shape[-1], dtype=mean.dtype))
    weights = log_likelihood + p.log_prob(codes) - q.log_prob(codes)
    best = weights.argmax(dim=0, keepdim=True)  # there the difference of two large numbers is small
    total = weights.gather(0, best) - torch.log_softmax(weights, dim=0).gather(0, best)
    return total[0] - math.log(weights.shape[0])


# %% right="evidence: picture by picture, shifted by its own best draw, mean of what is left"
def elbo(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The mean over the draws (batch,) of log p(x|z) + log p(z) − log q(z|x)."""
    bounds = []
    for picture in range(log_likelihood.shape[1]):
        z, m, v = codes[:, picture], mean[picture], logvar[picture]
        prior = (-0.5 * z.square()).sum(dim=1)
        cloud = (-0.5 * (v + (z - m).square() * torch.exp(-v))).sum(dim=1)
        bounds.append((log_likelihood[:, picture] + prior - cloud).mean())
    return torch.stack(bounds)


def log_evidence(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The logarithm (batch,) of the estimate of p(x) by importance sampling."""
    found = []
    for picture in range(log_likelihood.shape[1]):
        z, m, v = codes[:, picture], mean[picture], logvar[picture]
        prior = (-0.5 * z.square()).sum(dim=1)
        cloud = (-0.5 * (v + (z - m).square() * torch.exp(-v))).sum(dim=1)
        terms = log_likelihood[:, picture] + prior - cloud
        top = terms.max().detach()
        found.append(top + torch.log(torch.mean(torch.exp(terms - top))))
    return torch.stack(found)


# %% wrong="evidence: one shift for the whole batch; breaks: the result must be right all the same, a picture of -5,000 beside one of -100 gets minus infinity"
def elbo(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The mean over the draws (batch,) of log p(x|z) + log p(z) − log q(z|x)."""
    ratio = 0.5 * (logvar + (codes - mean) ** 2 / logvar.exp() - codes**2)  # log p(z) - log q(z|x), constants cancel
    weights = log_likelihood + ratio.sum(dim=2)
    return weights.mean(dim=0)


def log_evidence(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The logarithm (batch,) of the estimate of p(x) by importance sampling."""
    ratio = 0.5 * (logvar + (codes - mean) ** 2 / logvar.exp() - codes**2)  # log p(z) - log q(z|x), constants cancel
    weights = log_likelihood + ratio.sum(dim=2)
    top = weights.max()
    return top + torch.exp(weights - top).mean(dim=0).log()


# %% wrong="evidence: shifts by the mean of the draws in place of the largest; breaks: the result must be right all the same, draws of -5,000 and -4,000 give infinity"
def elbo(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The mean over the draws (batch,) of log p(x|z) + log p(z) − log q(z|x)."""
    ratio = 0.5 * (logvar + (codes - mean) ** 2 / logvar.exp() - codes**2)  # log p(z) - log q(z|x), constants cancel
    weights = log_likelihood + ratio.sum(dim=2)
    return weights.mean(dim=0)


def log_evidence(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The logarithm (batch,) of the estimate of p(x) by importance sampling."""
    ratio = 0.5 * (logvar + (codes - mean) ** 2 / logvar.exp() - codes**2)  # log p(z) - log q(z|x), constants cancel
    weights = log_likelihood + ratio.sum(dim=2)
    middle = weights.mean(dim=0)
    return middle + (weights - middle).exp().mean(dim=0).log()


# %% wrong="evidence: the bound takes the divergence from the closed formula; breaks: the mean over the draws of log p(z) - log q(z|x), unseen for standard normal clouds, seen with few draws from others"
def elbo(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The mean over the draws (batch,) of log p(x|z) + log p(z) − log q(z|x)."""
    divergence = 0.5 * (mean**2 + logvar.exp() - logvar - 1).sum(dim=1)
    return log_likelihood.mean(dim=0) - divergence


def log_evidence(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The logarithm (batch,) of the estimate of p(x) by importance sampling."""
    ratio = 0.5 * (logvar + (codes - mean) ** 2 / logvar.exp() - codes**2)  # log p(z) - log q(z|x), constants cancel
    weights = log_likelihood + ratio.sum(dim=2)
    return torch.logsumexp(weights, dim=0) - math.log(len(weights))


# %% wrong="evidence: a mean over the numbers of the code where they add up; breaks: the probability of a whole code, unseen with one number, seen with two"
def elbo(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The mean over the draws (batch,) of log p(x|z) + log p(z) − log q(z|x)."""
    ratio = 0.5 * (logvar + (codes - mean) ** 2 / logvar.exp() - codes**2)  # log p(z) - log q(z|x), constants cancel
    weights = log_likelihood + ratio.mean(dim=2)
    return weights.mean(dim=0)


def log_evidence(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The logarithm (batch,) of the estimate of p(x) by importance sampling."""
    ratio = 0.5 * (logvar + (codes - mean) ** 2 / logvar.exp() - codes**2)  # log p(z) - log q(z|x), constants cancel
    weights = log_likelihood + ratio.mean(dim=2)
    return torch.logsumexp(weights, dim=0) - math.log(len(weights))


# %% wrong="evidence: the fraction is upside down, p(z) below and q above; breaks: p(x|z) p(z) / q(z|x), unseen for standard normal clouds, seen with any other"
def elbo(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The mean over the draws (batch,) of log p(x|z) + log p(z) − log q(z|x)."""
    ratio = 0.5 * (logvar + (codes - mean) ** 2 / logvar.exp() - codes**2)  # constants cancel
    weights = log_likelihood - ratio.sum(dim=2)
    return weights.mean(dim=0)


def log_evidence(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The logarithm (batch,) of the estimate of p(x) by importance sampling."""
    ratio = 0.5 * (logvar + (codes - mean) ** 2 / logvar.exp() - codes**2)  # constants cancel
    weights = log_likelihood - ratio.sum(dim=2)
    return torch.logsumexp(weights, dim=0) - math.log(len(weights))


# %% right="best: sums only over the pictures that happen; a sigmoid of the difference of logarithms, with nan for never and never"
def game_value(p: torch.Tensor, q: torch.Tensor, d: torch.Tensor) -> torch.Tensor:
    """The value () of the game for probabilities p of the data, q of the generator, and answers d, all (n,)."""
    shown, made = p > 0, q > 0
    return torch.dot(p[shown], d[shown].log()) + torch.dot(q[made], torch.log1p(-d[made]))


def best_discriminator(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """The answers (n,) with the largest value."""
    return torch.sigmoid(p.log() - q.log()).nan_to_num(nan=0.5)


# %% right="best: plain Python numbers and a small helper that knows the two special cases"
def game_value(p: torch.Tensor, q: torch.Tensor, d: torch.Tensor) -> torch.Tensor:
    """The value () of the game for probabilities p of the data, q of the generator, and answers d, all (n,)."""

    def term(chance, answer):
        if chance == 0:
            return 0.0
        return chance * math.log(answer) if answer > 0 else -math.inf

    triples = zip(p.tolist(), q.tolist(), d.tolist(), strict=True)
    return torch.tensor(sum(term(a, c) + term(b, 1 - c) for a, b, c in triples), dtype=p.dtype)


def best_discriminator(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """The answers (n,) with the largest value."""
    answers = [a / (a + b) if a + b > 0 else 0.5 for a, b in zip(p.tolist(), q.tolist(), strict=True)]
    return torch.tensor(answers, dtype=p.dtype)


# %% right="best: numpy inside, with the where argument of log and of divide"
def game_value(p: torch.Tensor, q: torch.Tensor, d: torch.Tensor) -> torch.Tensor:
    """The value () of the game for probabilities p of the data, q of the generator, and answers d, all (n,)."""
    real, fake, answer = (np.array(one.detach(), dtype=np.float64) for one in (p, q, d))
    with np.errstate(divide="ignore"):
        log_yes = np.log(answer, out=np.zeros_like(answer), where=real > 0)
        log_no = np.log(1 - answer, out=np.zeros_like(answer), where=fake > 0)
    terms = np.zeros_like(answer)
    np.multiply(real, log_yes, out=terms, where=real > 0)
    terms[fake > 0] += fake[fake > 0] * log_no[fake > 0]
    return torch.tensor(terms.sum(), dtype=p.dtype)


def best_discriminator(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """The answers (n,) with the largest value."""
    real, fake = np.array(p.detach()), np.array(q.detach())
    answers = np.full_like(real, 0.5)
    np.divide(real, real + fake, out=answers, where=(real + fake) != 0)
    return torch.from_numpy(answers)


# %% wrong="best: adds a millionth to both shares, so that nothing is divided by 0; breaks: the answers for which V is as large as possible, seen with p = 1e-6 and q = 0, which needs 1 and gets two thirds"
def game_value(p: torch.Tensor, q: torch.Tensor, d: torch.Tensor) -> torch.Tensor:
    """The value () of the game for probabilities p of the data, q of the generator, and answers d, all (n,)."""
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum()


def best_discriminator(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """The answers (n,) with the largest value."""
    tiny = 1e-6
    return (p + tiny) / (p + q + 2 * tiny)


# %% wrong="best: leaves out every picture whose answer is 0 or 1; breaks: only what never happens costs nothing, a real picture with p = 0.5 that gets d = 0 costs minus infinity"
def game_value(p: torch.Tensor, q: torch.Tensor, d: torch.Tensor) -> torch.Tensor:
    """The value () of the game for probabilities p of the data, q of the generator, and answers d, all (n,)."""
    unsure = (d > 0) & (d < 1)
    return (p * d.log() + q * (1 - d).log())[unsure].sum()


def best_discriminator(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """The answers (n,) with the largest value."""
    total = p + q
    return torch.where(total > 0, p / total, 0.5)


# %% wrong="best: keeps the answers away from 0 and 1 by a thousandth; breaks: V = sum of p log d + q log(1 - d), seen with d = 0.0001 or 1"
def game_value(p: torch.Tensor, q: torch.Tensor, d: torch.Tensor) -> torch.Tensor:
    """The value () of the game for probabilities p of the data, q of the generator, and answers d, all (n,)."""
    d = d.clamp(1e-3, 1 - 1e-3)
    return torch.sum(p * torch.log(d) + q * torch.log(1 - d))


def best_discriminator(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """The answers (n,) with the largest value."""
    total = p + q
    return torch.where(total > 0, p / total, 0.5)


# %% wrong="best: one half wherever one of the two is 0; breaks: only a picture that neither of the two ever shows gets one half, seen with p = 0.3 and q = 0"
def game_value(p: torch.Tensor, q: torch.Tensor, d: torch.Tensor) -> torch.Tensor:
    """The value () of the game for probabilities p of the data, q of the generator, and answers d, all (n,)."""
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum()


def best_discriminator(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """The answers (n,) with the largest value."""
    answers = torch.full_like(p, 0.5)
    both = (p > 0) & (q > 0)
    answers[both] = p[both] / (p[both] + q[both])
    return answers


# %% wrong="best: adds up into a zero of the default type; breaks: returns tensors of the same type, float64 comes back as float32"
def game_value(p: torch.Tensor, q: torch.Tensor, d: torch.Tensor) -> torch.Tensor:
    """The value () of the game for probabilities p of the data, q of the generator, and answers d, all (n,)."""
    value = torch.zeros(())
    for one, other, answer in zip(p, q, d, strict=True):
        value += torch.xlogy(one, answer) + torch.xlogy(other, 1 - answer)
    return value


def best_discriminator(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """The answers (n,) with the largest value."""
    total = p + q
    return torch.where(total > 0, p / total, 0.5)


# %% right="sizes: counts: a range of starts, the end of the last stamp, and what is missing to n after there and back"
def size_down(n: int, kernel: int, stride: int, padding: int) -> int:
    """The size of nn.Conv2d's output."""
    return len(range(0, n + 2 * padding - kernel + 1, stride))


def size_up(n: int, kernel: int, stride: int, padding: int, output_padding: int = 0) -> int:
    """The size of nn.ConvTranspose2d's output."""
    last_end = [start + kernel for start in range(0, n * stride, stride)][-1]
    return last_end - padding - padding + output_padding


def output_padding_for(n: int, kernel: int, stride: int, padding: int) -> int:
    """The output_padding with which a transposed convolution returns to n."""
    there_and_back = size_up(size_down(n, kernel, stride, padding), kernel, stride, padding)
    return n - there_and_back


# %% right="sizes: walks the kernel over the picture in a while loop, and searches for the output padding"
def size_down(n: int, kernel: int, stride: int, padding: int) -> int:
    """The size of nn.Conv2d's output."""
    places, start = 0, -padding
    while start + kernel <= n + padding:
        places += 1
        start += stride
    return places


def size_up(n: int, kernel: int, stride: int, padding: int, output_padding: int = 0) -> int:
    """The size of nn.ConvTranspose2d's output."""
    end = kernel
    for _ in range(n - 1):
        end += stride
    return end - 2 * padding + output_padding


def output_padding_for(n: int, kernel: int, stride: int, padding: int) -> int:
    """The output_padding with which a transposed convolution returns to n."""
    small = size_down(n, kernel, stride, padding)
    return next(extra for extra in range(stride) if size_up(small, kernel, stride, padding, extra) == n)


# %% right="sizes: asks a convolution of zeros for its size; rounds down by a divmod and up by a negated one"
def size_down(n: int, kernel: int, stride: int, padding: int) -> int:
    """The size of nn.Conv2d's output."""
    line = F.conv1d(torch.zeros(1, 1, n), torch.zeros(1, 1, kernel), stride=stride, padding=padding)
    return line.shape[-1]


def size_up(n: int, kernel: int, stride: int, padding: int, output_padding: int = 0) -> int:
    """The size of nn.ConvTranspose2d's output."""
    stamped = kernel + stride * (n - 1)
    return sum((stamped, output_padding, -padding, -padding))


def output_padding_for(n: int, kernel: int, stride: int, padding: int) -> int:
    """The output_padding with which a transposed convolution returns to n."""
    _, lost = divmod(n - kernel + padding + padding, stride)
    return lost


# %% wrong="sizes: forgets the padding in what is lost; breaks: undoes a convolution in size, unseen with stride 2, seen with 28 pixels, kernel 4, stride 3, padding 1"
def size_down(n: int, kernel: int, stride: int, padding: int) -> int:
    """The size of nn.Conv2d's output."""
    return (n + 2 * padding - kernel) // stride + 1


def size_up(n: int, kernel: int, stride: int, padding: int, output_padding: int = 0) -> int:
    """The size of nn.ConvTranspose2d's output."""
    return (n - 1) * stride + kernel - 2 * padding + output_padding


def output_padding_for(n: int, kernel: int, stride: int, padding: int) -> int:
    """The output_padding with which a transposed convolution returns to n."""
    return (n - kernel) % stride


# %% wrong="sizes: one pixel if anything was lost; breaks: returns to n, seen with stride 3 where two pixels are lost"
def size_down(n: int, kernel: int, stride: int, padding: int) -> int:
    """The size of nn.Conv2d's output."""
    return (n + 2 * padding - kernel) // stride + 1


def size_up(n: int, kernel: int, stride: int, padding: int, output_padding: int = 0) -> int:
    """The size of nn.ConvTranspose2d's output."""
    return (n - 1) * stride + kernel - 2 * padding + output_padding


def output_padding_for(n: int, kernel: int, stride: int, padding: int) -> int:
    """The output_padding with which a transposed convolution returns to n."""
    return int(output_would_round(n + 2 * padding - kernel, stride))


def output_would_round(steps: int, stride: int) -> bool:
    return steps % stride != 0


# %% right="Generator: strides where there is only one place to stand, which change nothing"
class Generator(nn.Module):
    """Pictures (batch, 1, 28, 28) from -1 to 1, of noise (batch, noise, 1, 1)."""

    def __init__(self, noise: int, width: int):
        super().__init__()
        self.net = nn.Sequential(
            nn.ConvTranspose2d(noise, 2 * width, 7, stride=5, bias=False),
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
            nn.Conv2d(2 * width, answers, 7, stride=3),
            nn.Flatten(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


# %% right="Generator: everything by keyword, kernels as pairs, the padding computed from kernel and stride"
class Generator(nn.Module):
    """Pictures (batch, 1, 28, 28) from -1 to 1, of noise (batch, noise, 1, 1)."""

    def __init__(self, noise: int, width: int):
        super().__init__()
        self.net = nn.Sequential(
            nn.ConvTranspose2d(in_channels=noise, out_channels=2 * width, kernel_size=(7, 7), padding=0, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(2 * width, width, kernel_size=(4, 4), stride=2, padding=((4 - 2) // 2, 1), bias=False),
            nn.BatchNorm2d(num_features=width, affine=True),
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
            nn.Conv2d(in_channels=1, out_channels=width, kernel_size=4, stride=(2, 2), padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(num_features=width * 2),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * width, out_channels=answers, kernel_size=7, bias=True),
            nn.Flatten(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


# %% right="Generator: arguments unpacked from tuples, layers by their full path in nn, last kernel from the size of what it sees"
class Generator(nn.Module):
    """Pictures (batch, 1, 28, 28) from -1 to 1, of noise (batch, noise, 1, 1)."""

    def __init__(self, noise: int, width: int):
        super().__init__()
        self.net = nn.Sequential(
            nn.modules.conv.ConvTranspose2d(*(noise, width + width, 7), bias=False),
            nn.BatchNorm2d(2 * width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(*(width * 2, width), 2 + 2, stride=2, padding=2 - 1, bias=False),
            nn.modules.batchnorm.BatchNorm2d(width, 1e-5, 0.1),
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
            nn.Conv2d(*(1, width), (4, 4), stride=4 // 2, padding=1),
            nn.modules.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(width + width),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * width, answers, 28 // 4),
            nn.Flatten(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


# %% wrong="Generator: ELU(0.2) in the discriminator; breaks: leaky ReLU, large negative numbers all become -0.2"
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
            nn.ELU(0.2),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.ELU(0.2),
            nn.Conv2d(2 * width, answers, 7),
            nn.Flatten(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


# %% wrong="Generator: RReLU(0.2), the random leaky ReLU, whose slope is another in every call and 0.267 in evaluation; breaks: leaky ReLU with slope 0.2"
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
            nn.RReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.RReLU(0.2),
            nn.Conv2d(2 * width, answers, 7),
            nn.Flatten(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


# %% wrong="Generator: ReLU(0.2) after the batch norm, where 0.2 only says in place; breaks: leaky ReLU, negative numbers become 0"
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
            nn.ReLU(0.2),
            nn.Conv2d(2 * width, answers, 7),
            nn.Flatten(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


# %% right="discriminator_step: the second loss turned round: minus the scores with labels 1; expit for the sigmoid"
def discriminator_step(discriminator, generator, real, noise, optimiser) -> tuple[float, float, float]:
    """One step of the discriminator on real pictures and fakes: its loss, and its mean answer to each."""
    bce = F.binary_cross_entropy_with_logits
    optimiser.zero_grad()
    labels = torch.full((noise.shape[0],), 1.0)
    scores = discriminator(real).flatten()
    loss_on_real = bce(scores, labels)
    loss_on_real.backward()
    on_real = torch.special.expit(scores).detach().sum().div(len(real)).item()

    fake = generator(noise).detach()
    labels.zero_()
    scores = discriminator(fake).view(-1)
    loss_on_fake = bce(-scores, 1 - labels)
    loss_on_fake.backward()
    on_fake = torch.sigmoid(scores).detach().cpu().numpy().mean().item()
    optimiser.step()
    return (loss_on_real + loss_on_fake).item(), on_real, on_fake


# %% right="discriminator_step: no_grad wrapped around a lambda makes the fakes; gradients set to zeros instead of None"
def discriminator_step(discriminator, generator, real, noise, optimiser) -> tuple[float, float, float]:
    """One step of the discriminator on real pictures and fakes: its loss, and its mean answer to each."""
    bce = F.binary_cross_entropy_with_logits
    optimiser.zero_grad(set_to_none=False)
    labels = torch.full((len(real),), 1.0)
    scores = discriminator(real).squeeze(1)
    loss_on_real = bce(input=scores, target=labels)
    loss_on_real.backward()
    on_real = torch.sigmoid(scores).mean().item()

    fake = torch.no_grad()(lambda: generator(noise))()
    labels.mul_(0)
    scores = discriminator(fake).view(-1)
    loss_on_fake = bce(scores, labels)
    loss_on_fake.backward()
    on_fake = torch.sigmoid(scores).mean().tolist()
    optimiser.step()
    return (loss_on_real.detach() + loss_on_fake.detach()).item(), on_real, on_fake


# %% right="discriminator_step: detached once more on the way in, labels of the type of the pictures, both losses stacked and added up"
def discriminator_step(discriminator, generator, real, noise, optimiser) -> tuple[float, float, float]:
    """One step of the discriminator on real pictures and fakes: its loss, and its mean answer to each."""
    bce = F.binary_cross_entropy_with_logits
    optimiser.zero_grad()
    labels = torch.full((real.size(0),), 1, dtype=real.dtype)
    scores = discriminator(real).reshape(len(real))
    loss_on_real = bce(scores, labels, reduction="mean")
    loss_on_real.backward(gradient=torch.ones_like(loss_on_real))
    on_real = torch.sigmoid(scores).mean().item()

    fake = generator(noise).detach().clone()
    labels.copy_(torch.zeros_like(labels))
    scores = discriminator(fake.detach()).view(-1)
    loss_on_fake = bce(scores, labels)
    loss_on_fake.backward()
    on_fake = torch.sigmoid(scores).mean().item()
    optimiser.step(closure=None)
    return (torch.stack([loss_on_real, loss_on_fake])).sum().item(), on_real, on_fake


# %% wrong="discriminator_step: labels of 0.9 and 0.1, a smoothing on both sides; breaks: real pictures labels 1, fake pictures labels 0, unseen for a detective without any idea"
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
    labels.fill_(0.1)
    scores = discriminator(fake).view(-1)
    loss_on_fake = bce(scores, labels)
    loss_on_fake.backward()
    on_fake = torch.sigmoid(scores).mean().item()
    optimiser.step()
    return (loss_on_real + loss_on_fake).item(), on_real, on_fake


# %% wrong="discriminator_step: names zero_grad and does not call it; breaks: clear its gradients, seen where the discriminator holds some from earlier"
def discriminator_step(discriminator, generator, real, noise, optimiser) -> tuple[float, float, float]:
    """One step of the discriminator on real pictures and fakes: its loss, and its mean answer to each."""
    bce = F.binary_cross_entropy_with_logits
    optimiser.zero_grad
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


# %% wrong="discriminator_step: detaches the noise and not the fakes; breaks: detach ends the walk at the fakes, the generator is left with gradients that nobody asked for"
def discriminator_step(discriminator, generator, real, noise, optimiser) -> tuple[float, float, float]:
    """One step of the discriminator on real pictures and fakes: its loss, and its mean answer to each."""
    bce = F.binary_cross_entropy_with_logits
    optimiser.zero_grad()
    labels = torch.full((len(real),), 1.0)
    scores = discriminator(real).view(-1)
    loss_on_real = bce(scores, labels)
    loss_on_real.backward()
    on_real = torch.sigmoid(scores).mean().item()

    fake = generator(noise.detach())
    labels.fill_(0.0)
    scores = discriminator(fake).view(-1)
    loss_on_fake = bce(scores, labels)
    loss_on_fake.backward()
    on_fake = torch.sigmoid(scores).mean().item()
    optimiser.step()
    return (loss_on_real + loss_on_fake).item(), on_real, on_fake


# %% right="generator_step: everything happens in a closure that the optimiser calls; logaddexp with 0"
def fooling_losses(logits: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The means of log(1 − D) and of −log D over the logits (batch,) of fakes."""
    zero = torch.zeros_like(logits)
    return torch.logaddexp(zero, logits).mean().neg(), torch.logaddexp(zero, -logits).mean()


def generator_step(discriminator, generator, noise, optimiser) -> float:
    """One step of the generator: its non-saturating loss."""

    def closure():
        optimiser.zero_grad()
        scores = discriminator(generator(noise)).flatten()
        loss = torch.logaddexp(torch.zeros_like(scores), -scores).mean()
        loss.backward()
        return loss

    return optimiser.step(closure).item()


# %% right="generator_step: torch.autograd.grad for the optimisers own parameters, so that the discriminator never gets a gradient; logsigmoid"
def fooling_losses(logits: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The means of log(1 − D) and of −log D over the logits (batch,) of fakes."""
    log_no, log_yes = (F.logsigmoid(sign * logits).mean() for sign in (-1, 1))
    return log_no, -log_yes


def generator_step(discriminator, generator, noise, optimiser) -> float:
    """One step of the generator: its non-saturating loss."""
    ours = [p for group in optimiser.param_groups for p in group["params"] if p.requires_grad]
    loss = -F.logsigmoid(discriminator(generator(noise))).mean()
    for p, slope in zip(ours, torch.autograd.grad(loss, ours, allow_unused=True), strict=True):
        p.grad = slope
    optimiser.step()
    return loss.item()


# %% right="generator_step: a cross-entropy of two classes, with 0 as the logit of fake; the discriminator is frozen and thawed again"
def fooling_losses(logits: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The means of log(1 − D) and of −log D over the logits (batch,) of fakes."""
    two = torch.stack([torch.zeros_like(logits), logits], dim=1)  # fake, real
    log_d = torch.log_softmax(two, dim=1).mean(dim=0)
    return log_d[0], -log_d[1]


def generator_step(discriminator, generator, noise, optimiser) -> float:
    """One step of the generator: its non-saturating loss."""
    flags = [p.requires_grad for p in discriminator.parameters()]
    discriminator.requires_grad_(False)
    try:
        for p in generator.parameters():
            p.grad = None
        scores = discriminator(generator(noise))
        two = torch.cat([torch.zeros_like(scores), scores], dim=1)
        loss = F.cross_entropy(two, torch.ones(len(two), dtype=torch.long))
        loss.backward()
        optimiser.step()
    finally:
        for p, flag in zip(discriminator.parameters(), flags, strict=True):
            p.requires_grad_(flag)
    return loss.item()


# %% wrong="generator_step: cuts the logits at 80 before the exponential; breaks: logits of 500 must work, their loss is 80 and not 500"
def fooling_losses(logits: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The means of log(1 − D) and of −log D over the logits (batch,) of fakes."""
    safe = logits.clamp(-80, 80).double()
    real = 1 / (1 + torch.exp(-safe))
    return (-torch.log1p(torch.exp(safe))).mean().to(logits.dtype), -real.log().mean().to(logits.dtype)


def generator_step(discriminator, generator, noise, optimiser) -> float:
    """One step of the generator: its non-saturating loss."""
    optimiser.zero_grad()
    loss = F.softplus(-discriminator(generator(noise))).mean()
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong="generator_step: minus the logarithm of the mean answer; breaks: the mean of -log D, unseen where all fakes are alike, seen with logits 3 and -3"
def fooling_losses(logits: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The means of log(1 − D) and of −log D over the logits (batch,) of fakes."""
    return -F.softplus(logits).mean(), F.softplus(-logits).mean()


def generator_step(discriminator, generator, noise, optimiser) -> float:
    """One step of the generator: its non-saturating loss."""
    optimiser.zero_grad()
    believed = F.logsigmoid(discriminator(generator(noise)).view(-1))
    loss = math.log(len(noise)) - torch.logsumexp(believed, dim=0)
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong="generator_step: adds up over the batch in fooling_losses; breaks: means over the batch, unseen with one fake, seen with five"
def fooling_losses(logits: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The means of log(1 − D) and of −log D over the logits (batch,) of fakes."""
    pretend = torch.ones_like(logits)
    saturating = -F.binary_cross_entropy_with_logits(logits, 1 - pretend, reduction="sum")
    return saturating, F.binary_cross_entropy_with_logits(logits, pretend, reduction="sum")


def generator_step(discriminator, generator, noise, optimiser) -> float:
    """One step of the generator: its non-saturating loss."""
    optimiser.zero_grad()
    loss = F.softplus(-discriminator(generator(noise))).mean()
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong="generator_step: tidies up after the step and not before it; breaks: gradients that the generator still holds from earlier must not count, seen where it holds some"
def fooling_losses(logits: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The means of log(1 − D) and of −log D over the logits (batch,) of fakes."""
    return -F.softplus(logits).mean(), F.softplus(-logits).mean()


def generator_step(discriminator, generator, noise, optimiser) -> float:
    """One step of the generator: its non-saturating loss."""
    scores = discriminator(generator(noise)).view(-1)
    loss = F.binary_cross_entropy_with_logits(scores, torch.ones(len(noise), dtype=scores.dtype))
    loss.backward()
    optimiser.step()
    optimiser.zero_grad()
    return loss.item()


# %% wrong="generator_step: walks back once itself and once more in the closure that it hands to step; breaks: one step on the loss, the gradient counts twice"
def fooling_losses(logits: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The means of log(1 − D) and of −log D over the logits (batch,) of fakes."""
    return -F.softplus(logits).mean(), F.softplus(-logits).mean()


def generator_step(discriminator, generator, noise, optimiser) -> float:
    """One step of the generator: its non-saturating loss."""

    def closure():
        loss = F.softplus(-discriminator(generator(noise))).mean()
        loss.backward()
        return loss

    optimiser.zero_grad()
    told = closure().item()
    optimiser.step(closure)
    return told


# %% right="train_gan: the second betas copied from the first optimiser, rows counted by the labels"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.999))
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, betas=optimiser_d.defaults["betas"])
    history = []
    for _ in range(epochs):
        for real, _ in loader:
            noise = torch.randn(len(_), noise_size, 1, 1)
            told = turn_d(discriminator, generator, real, noise, optimiser_d)
            loss_g = turn_g(discriminator, generator, noise, optimiser_g)
            [loss_d, on_real, on_fake] = told
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% right="train_gan: a generator that packs each batch, so that it can be unpacked with a star; betas by position"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(1 / 2, 0.999))
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, (0.5, 0.999))
    history = []
    for _ in range(0, epochs, 1):
        for (real, *labels), _ in ((batch, None) for batch in loader):
            noise = torch.randn(real.size(0), noise_size, 1, 1)
            told = turn_d(discriminator, generator, real, noise, optimiser_d)
            loss_g = turn_g(discriminator, generator, noise, optimiser_g)
            (loss_d, on_real, on_fake) = told
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% right="train_gan: rows unpacked from the shape, all settings of Adam written out, an iterator of its own for each epoch"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.999))
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, betas=(0.5, 0.999), weight_decay=0, amsgrad=False)
    history = []
    for _ in range(max(epochs, 0)):
        for real, _ in iter(loader):
            noise = torch.randn(*real.shape[:1], noise_size, 1, 1)
            told = turn_d(discriminator, generator, *(real, noise, optimiser_d))
            loss_g = turn_g(discriminator, generator, *(noise, optimiser_g))
            loss_d, on_real, on_fake = told
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% wrong="train_gan: the optimiser of the detective holds the forger as well; breaks: both networks get an optimiser of their own, unseen in the history"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(nn.ModuleList([discriminator, generator]).parameters(), lr, betas=(0.5, 0.999))
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


# %% wrong="train_gan: Adam maximises for the generator, because it maximises log D; breaks: the step has already turned the sign (its loss is -log D), so the forger learns to be found out"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.999))
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, betas=(0.5, 0.999), maximize=True)
    history = []
    for _ in range(epochs):
        for real, _ in loader:
            noise = torch.randn(len(real), noise_size, 1, 1)
            told = turn_d(discriminator, generator, real, noise, optimiser_d)
            loss_g = turn_g(discriminator, generator, noise, optimiser_g)
            loss_d, on_real, on_fake = told
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% wrong="train_gan: hands the forger flat noise; breaks: noise of shape (batch, noise_size, 1, 1), which a convolution needs, unseen with stand-ins that do not look at it"
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
            loss_g = turn_g(discriminator, generator, noise.flatten(1), optimiser_g)
            loss_d, on_real, on_fake = told
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% wrong="train_gan: as many rows of noise as there are batches; breaks: each batch gets noise of its own size, unseen with two batches of two, seen with 5 pictures in batches of 2"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.999))
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, betas=(0.5, 0.999))
    history = []
    for _ in range(epochs):
        for real, _ in loader:
            noise = torch.randn(len(loader), noise_size, 1, 1)
            told = turn_d(discriminator, generator, real, noise, optimiser_d)
            loss_g = turn_g(discriminator, generator, noise, optimiser_g)
            loss_d, on_real, on_fake = told
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% right="gram: row of places by row of places; the layers walked from coarse to fine"
def gram(maps: torch.Tensor) -> torch.Tensor:
    """The Gram matrices (batch, channels, channels) of maps (batch, channels, height, width)."""
    height, width = maps.shape[2:]
    table = 0
    for row in maps.unbind(dim=2):  # (batch, channels, width)
        table = table + row @ row.transpose(1, 2)
    return table / (height * width)


def transfer_cost(maps: list, content: torch.Tensor, style: list, weight: float) -> torch.Tensor:
    """Content plus weight times style, for the maps of a picture at each layer."""
    cost = (maps[-1] - content).pow(2).mean()
    for layer in reversed(range(len(maps))):
        gap = gram(maps[layer]) - style[layer]
        cost = cost + weight * (gap * gap).mean()
    return cost


# %% right="gram: tensordot picture by picture; style costs collected in a tensor and added with alpha"
def gram(maps: torch.Tensor) -> torch.Tensor:
    """The Gram matrices (batch, channels, channels) of maps (batch, channels, height, width)."""
    places = maps.shape[-2] * maps.shape[-1]
    return torch.stack([torch.tensordot(one, one, dims=([1, 2], [1, 2])) for one in maps]).div(places)


def transfer_cost(maps: list, content: torch.Tensor, style: list, weight: float) -> torch.Tensor:
    """Content plus weight times style, for the maps of a picture at each layer."""
    each = torch.stack([F.mse_loss(gram(one), wanted) for one, wanted in zip(maps, style, strict=True)])
    return torch.add(F.mse_loss(maps[-1], content), each.sum(), alpha=weight)


# %% right="gram: baddbmm scales while it multiplies; mean squares as squared norms by the number of entries"
def gram(maps: torch.Tensor) -> torch.Tensor:
    """The Gram matrices (batch, channels, channels) of maps (batch, channels, height, width)."""
    batch, channels, height, width = maps.shape
    flat = maps.reshape(batch, channels, height * width)
    nothing = maps.new_zeros(batch, channels, channels)
    return torch.baddbmm(nothing, flat, flat.mT, beta=0, alpha=1 / (height * width))


def transfer_cost(maps: list, content: torch.Tensor, style: list, weight: float) -> torch.Tensor:
    """Content plus weight times style, for the maps of a picture at each layer."""

    def apart(one, other):
        gap = (one - other).flatten()
        return torch.dot(gap, gap) / gap.numel()

    *_, last = maps
    pairs = list(zip(map(gram, maps), style, strict=True))
    return apart(last, content) + weight * sum(apart(*pair) for pair in pairs)


# %% wrong="gram: the style cost of the paper, a sum over four times the channels squared; breaks: mean squared difference, unseen where the style is reached, seen anywhere else"
def gram(maps: torch.Tensor) -> torch.Tensor:
    """The Gram matrices (batch, channels, channels) of maps (batch, channels, height, width)."""
    flat = maps.flatten(2)
    return flat @ flat.transpose(1, 2) / flat.shape[2]


def transfer_cost(maps: list, content: torch.Tensor, style: list, weight: float) -> torch.Tensor:
    """Content plus weight times style, for the maps of a picture at each layer."""
    style_cost = 0.0
    for one, wanted in zip(maps, style, strict=True):
        style_cost = style_cost + ((gram(one) - wanted) ** 2).sum() / (4 * one.shape[1] ** 2)
    return ((maps[-1] - content) ** 2).mean() + weight * style_cost


# %% wrong="gram: takes the last layer off the list of the caller; breaks: leaves its inputs unchanged, and the last layer has no style any more"
def gram(maps: torch.Tensor) -> torch.Tensor:
    """The Gram matrices (batch, channels, channels) of maps (batch, channels, height, width)."""
    flat = maps.flatten(2)
    return flat @ flat.transpose(1, 2) / flat.shape[2]


def transfer_cost(maps: list, content: torch.Tensor, style: list, weight: float) -> torch.Tensor:
    """Content plus weight times style, for the maps of a picture at each layer."""
    content_cost = F.mse_loss(maps.pop(), content)
    return content_cost + weight * sum(F.mse_loss(gram(one), wanted) for one, wanted in zip(maps, style))


# %% wrong="gram: one table over the places of all pictures; breaks: Gram matrices (batch, channels, channels), unseen with one picture, seen with two"
def gram(maps: torch.Tensor) -> torch.Tensor:
    """The Gram matrices (batch, channels, channels) of maps (batch, channels, height, width)."""
    flat = maps.transpose(0, 1).flatten(1)
    return (flat @ flat.T / flat.shape[1])[None]


def transfer_cost(maps: list, content: torch.Tensor, style: list, weight: float) -> torch.Tensor:
    """Content plus weight times style, for the maps of a picture at each layer."""
    style_cost = sum(F.mse_loss(gram(one), wanted) for one, wanted in zip(maps, style, strict=True))
    return F.mse_loss(maps[-1], content) + weight * style_cost


# %% wrong="gram: averages the style over the layers; breaks: the sum over the layers, unseen with one layer, seen with two"
def gram(maps: torch.Tensor) -> torch.Tensor:
    """The Gram matrices (batch, channels, channels) of maps (batch, channels, height, width)."""
    flat = maps.flatten(2)
    return flat @ flat.transpose(1, 2) / flat.shape[2]


def transfer_cost(maps: list, content: torch.Tensor, style: list, weight: float) -> torch.Tensor:
    """Content plus weight times style, for the maps of a picture at each layer."""
    losses = [F.mse_loss(gram(one), wanted) for one, wanted in zip(maps, style, strict=True)]
    return F.mse_loss(maps[-1], content) + weight * torch.stack(losses).mean()


# %% wrong="gram: compares Gram matrices of detached maps; breaks: gradients flow back to maps, only the last layer gets one, and only that of the content"
def gram(maps: torch.Tensor) -> torch.Tensor:
    """The Gram matrices (batch, channels, channels) of maps (batch, channels, height, width)."""
    flat = maps.flatten(2)
    return flat @ flat.transpose(1, 2) / flat.shape[2]


def transfer_cost(maps: list, content: torch.Tensor, style: list, weight: float) -> torch.Tensor:
    """Content plus weight times style, for the maps of a picture at each layer."""
    seen = [gram(one.detach()) for one in maps]
    style_cost = sum(((table - wanted) ** 2).mean() for table, wanted in zip(seen, style, strict=True))
    return ((maps[-1] - content) ** 2).mean() + weight * style_cost


# %% right="fgsm: three cases by torch.where, edges by minimum and maximum with tensors, sum in place of the mean in the loss"
def fgsm(x: torch.Tensor, grad: torch.Tensor, epsilon: float) -> torch.Tensor:
    """Pictures from 0 to 1, each pixel moved by epsilon in the direction in which the loss grows."""
    attacked = torch.where(grad > 0, x + epsilon, torch.where(grad < 0, x - epsilon, x))
    return attacked.minimum(torch.ones_like(x)).maximum(torch.zeros_like(x))


def under_attack(net, loader, epsilon: float, keep: int = 5) -> tuple[float, list]:
    """The share that is read correctly after the attack, and some that were read correctly before and are not now."""
    net.train(False)
    right, seen, fooled = 0, 0, []
    for x, y in loader:
        x = x.clone().requires_grad_(requires_grad=True)
        scores = net(x)
        before = scores.max(dim=1).indices
        net.zero_grad()
        F.cross_entropy(scores, y, reduction="sum").backward()
        attacked = fgsm(x.detach(), x.grad, epsilon)
        after = net(attacked).argmax(dim=1)
        right += (after - y == 0).sum().item()
        seen += y.numel()
        for place in torch.nonzero((before.eq(y)) & (after.ne(y)))[:, 0].tolist():
            if len(fooled) < keep:
                fooled.append((before[place].item(), after[place].item(), attacked[place]))
    return right / seen, fooled


# %% right="fgsm: walks back to the picture only, moves a copy in place, keywords for the call"
def fgsm(x: torch.Tensor, grad: torch.Tensor, epsilon: float) -> torch.Tensor:
    """Pictures from 0 to 1, each pixel moved by epsilon in the direction in which the loss grows."""
    attacked = x.clone().add_(grad.sign(), alpha=epsilon)
    return attacked.clip_(min=0, max=1)


def under_attack(net, loader, epsilon: float, keep: int = 5) -> tuple[float, list]:
    """The share that is read correctly after the attack, and some that were read correctly before and are not now."""
    net.eval()
    right, seen, fooled = 0, 0, []
    for x, y in loader:
        x = x.clone().detach().requires_grad_(True)
        scores = net(x)
        before = scores.detach().argmax(dim=-1)
        net.zero_grad()
        F.cross_entropy(input=scores, target=y).backward(inputs=[x])
        attacked = fgsm(x.detach(), grad=x.grad, epsilon=epsilon)
        after = net(attacked.detach()).argmax(dim=1)
        right += (~(after != y)).sum().item()
        seen += x.size(0)
        for place in torch.nonzero((~(before != y)) & (~(after == y)))[:, 0].tolist():
            if len(fooled) < keep:
                fooled.append((before[place].item(), after[place].item(), attacked[place]))
    return right / seen, fooled


# %% right="fgsm: signs as a difference of two comparisons, two clamps, pictures counted by a generator, functions in place of operators"
def fgsm(x: torch.Tensor, grad: torch.Tensor, epsilon: float) -> torch.Tensor:
    """Pictures from 0 to 1, each pixel moved by epsilon in the direction in which the loss grows."""
    attacked = x + ((grad > 0).to(x.dtype) - (grad < 0).to(x.dtype)) * epsilon
    return attacked.clamp(min=0).clamp(max=1)


def under_attack(net, loader, epsilon: float, keep: int = 5) -> tuple[float, list]:
    """The share that is read correctly after the attack, and some that were read correctly before and are not now."""
    net.train(mode=False)
    right, seen, fooled = 0, 0, []
    for x, y in loader:
        x = x.clone().requires_grad_()
        scores = net(x)
        before = scores.data.argmax(1)
        net.zero_grad()
        F.cross_entropy(scores, y.long()).backward()
        attacked = fgsm(x.detach(), x.grad.clone(), epsilon=epsilon)
        after = net(attacked).argmax(dim=1)
        right += (torch.eq(after, y)).sum().item()
        seen += sum(1 for _ in y)
        for place in torch.nonzero((torch.eq(before, y)) & (torch.logical_not(torch.eq(after, y))))[:, 0].tolist():
            if len(fooled) < keep:
                fooled.append((before[place].item(), after[place].item(), attacked[place]))
    return right / seen, fooled


# %% wrong="fgsm: copies the sign of the slope, and a slope of 0 counts as positive; breaks: sign of the gradient, which is 0 there, a pixel without any slope must stay"
def fgsm(x: torch.Tensor, grad: torch.Tensor, epsilon: float) -> torch.Tensor:
    """Pictures from 0 to 1, each pixel moved by epsilon in the direction in which the loss grows."""
    attacked = x + torch.where(grad >= 0, epsilon, -epsilon)
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


# %% wrong="fgsm: counts only pictures that were right before as well; breaks: the share that is read correctly after the attack, seen only where the attack turns a wrong answer into the right one, as with one pixel, weights -1, 0 and 10 and scores 0, -0.05 (the label) and -1.5 before, epsilon 0.06 to 0.1"
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
        right += ((before == y) & (after == y)).sum().item()
        seen += len(y)
        for place in torch.nonzero((before == y) & (after != y))[:, 0].tolist():
            if len(fooled) < keep:
                fooled.append((before[place].item(), after[place].item(), attacked[place]))
    return right / seen, fooled


# %% wrong="fgsm: one direction for the whole batch, the sum of the slopes; breaks: attacks every picture with the gradient of its own loss, unseen with the two pictures of the example, seen with a batch whose slopes disagree"
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
        attacked = fgsm(x.detach(), x.grad.sum(dim=0, keepdim=True).expand_as(x), epsilon)
        after = net(attacked).argmax(dim=1)
        right += (after == y).sum().item()
        seen += len(y)
        for place in torch.nonzero((before == y) & (after != y))[:, 0].tolist():
            if len(fooled) < keep:
                fooled.append((before[place].item(), after[place].item(), attacked[place]))
    return right / seen, fooled


# %% right="attack_figure: matshow on the axis, squeezed while it is still a tensor, rows and columns by keyword"
def attack_figure(picture: torch.Tensor, attacked: torch.Tensor):
    """A figure: the picture, the change, the attacked picture, and a colour bar for the change."""
    pair = (picture, attacked)
    arrays = [one.detach().cpu().squeeze().numpy() for one in pair]
    before, after = arrays
    change = np.subtract(after, before)
    reach = abs(change).max()
    figure, axes = plt.subplots(ncols=3, nrows=1, figsize=(9, 2.8))
    axes[0].imshow(before, cmap="gray_r", vmin=0, vmax=1)
    heat = axes[1].matshow(change, cmap="coolwarm", vmin=-reach, vmax=reach)
    figure.colorbar(heat, ax=axes[1])
    axes[2].imshow(after, cmap="gray_r", vmin=0, vmax=1)
    for axis in axes:
        axis.set_axis_off()
    return figure


# %% right="attack_figure: the data attribute in place of detach, minus the way back as the change"
def attack_figure(picture: torch.Tensor, attacked: torch.Tensor):
    """A figure: the picture, the change, the attacked picture, and a colour bar for the change."""
    pair = (picture, attacked)
    arrays = [one.data.cpu().numpy().squeeze() for one in pair]
    before, after = arrays
    change = -(before - after)
    reach = abs(change).max()
    figure, axes = plt.subplots(*(1, 3), figsize=(9, 2.8))
    axes[0].imshow(before, cmap="gray_r", vmin=0, vmax=1)
    heat = axes[1].imshow(change, cmap="coolwarm", vmin=0 - reach, vmax=reach)
    figure.colorbar(mappable=heat, ax=axes[1])
    axes[2].imshow(after, cmap="gray_r", vmin=0, vmax=1)
    for axis in axes:
        axis.set_axis_off()
    return figure


# %% right="attack_figure: to the CPU first, then off the graph, a copy of its own, axes that share their limits"
def attack_figure(picture: torch.Tensor, attacked: torch.Tensor):
    """A figure: the picture, the change, the attacked picture, and a colour bar for the change."""
    pair = (picture, attacked)
    arrays = [one.cpu().detach().squeeze().numpy().copy() for one in pair]
    before, after = arrays
    change = np.add(after, np.negative(before))
    reach = abs(change).max()
    figure, axes = plt.subplots(1, 3, sharex=True, sharey=True, figsize=(9, 2.8))
    axes[0].imshow(before, cmap="gray_r", vmin=0, vmax=1)
    heat = axes[1].imshow(change, cmap="coolwarm", vmin=np.negative(reach), vmax=reach)
    figure.colorbar(axes[1].images[0], ax=axes[1])
    axes[2].imshow(after, cmap="gray_r", vmin=0, vmax=1)
    for axis in axes:
        axis.set_axis_off()
    return figure


# %% wrong="attack_figure: the scale begins at minus the largest change; breaks: symmetric around zero, seen where the darkest loss is larger than the largest gain"
def attack_figure(picture: torch.Tensor, attacked: torch.Tensor):
    """A figure: the picture, the change, the attacked picture, and a colour bar for the change."""
    pair = (picture, attacked)
    arrays = [one.detach().cpu().numpy().squeeze() for one in pair]
    before, after = arrays
    change = after - before
    reach = abs(change).max()
    figure, axes = plt.subplots(1, 3, figsize=(9, 2.8))
    axes[0].imshow(before, cmap="gray_r", vmin=0, vmax=1)
    heat = axes[1].imshow(change, cmap="coolwarm", vmin=-change.max(), vmax=reach)
    figure.colorbar(heat, ax=axes[1])
    axes[2].imshow(after, cmap="gray_r", vmin=0, vmax=1)
    for axis in axes:
        axis.set_axis_off()
    return figure


# %% wrong="attack_figure: three pictures in a column; breaks: draw three pictures in a row"
def attack_figure(picture: torch.Tensor, attacked: torch.Tensor):
    """A figure: the picture, the change, the attacked picture, and a colour bar for the change."""
    pair = (picture, attacked)
    arrays = [one.detach().cpu().numpy().squeeze() for one in pair]
    before, after = arrays
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


# %% wrong="attack_figure: the bar belongs to the first picture; breaks: a colour bar for the change, it shows greys from 0 to 1"
def attack_figure(picture: torch.Tensor, attacked: torch.Tensor):
    """A figure: the picture, the change, the attacked picture, and a colour bar for the change."""
    pair = (picture, attacked)
    arrays = [one.detach().cpu().numpy().squeeze() for one in pair]
    before, after = arrays
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


# %% wrong="attack_figure: the scale begins at -1, full ink, and ends at the reach; breaks: symmetric around zero, seen wherever the reach is not 1"
def attack_figure(picture: torch.Tensor, attacked: torch.Tensor):
    """A figure: the picture, the change, the attacked picture, and a colour bar for the change."""
    pair = (picture, attacked)
    arrays = [one.detach().cpu().numpy().squeeze() for one in pair]
    before, after = arrays
    change = after - before
    reach = abs(change).max()
    figure, axes = plt.subplots(1, 3, figsize=(9, 2.8))
    axes[0].imshow(before, cmap="gray_r", vmin=0, vmax=1)
    heat = axes[1].imshow(change, cmap="coolwarm", vmin=-1.0, vmax=reach)
    figure.colorbar(heat, ax=axes[1])
    axes[2].imshow(after, cmap="gray_r", vmin=0, vmax=1)
    for axis in axes:
        axis.set_axis_off()
    return figure


# %% wrong="attack_figure: changes of more than 0.3 are cut off; breaks: what exactly was changed, unseen with 0.25, seen with an attack of 0.5"
def attack_figure(picture: torch.Tensor, attacked: torch.Tensor):
    """A figure: the picture, the change, the attacked picture, and a colour bar for the change."""
    pair = (picture, attacked)
    arrays = [one.detach().cpu().numpy().squeeze() for one in pair]
    before, after = arrays
    change = (after - before).clip(-0.3, 0.3)
    reach = abs(change).max()
    figure, axes = plt.subplots(1, 3, figsize=(9, 2.8))
    axes[0].imshow(before, cmap="gray_r", vmin=0, vmax=1)
    heat = axes[1].imshow(change, cmap="coolwarm", vmin=-reach, vmax=reach)
    figure.colorbar(heat, ax=axes[1])
    axes[2].imshow(after, cmap="gray_r", vmin=0, vmax=1)
    for axis in axes:
        axis.set_axis_off()
    return figure


# %% right="worst_score: builds the attacked pictures and reads them again; weights normalised by their 1-norm"
def worst_score(w: torch.Tensor, b: float, x: torch.Tensor, epsilon: float) -> torch.Tensor:
    """The scores (batch,) of attacked pictures x (batch, pixels), for weights w (pixels,)."""
    direction = torch.sign(torch.mv(x, w) + b)
    attacked = x - epsilon * torch.outer(direction, w.sign())
    return torch.mv(attacked, w) + b


def smallest_epsilon(w: torch.Tensor, b: float, x: torch.Tensor) -> torch.Tensor:
    """The smallest epsilon (batch,) that brings each score to 0."""
    norm = torch.linalg.vector_norm(w, ord=1)
    return torch.abs(torch.mv(x, w / norm) + b / norm)


# %% right="worst_score: pixel by pixel in a loop, two cases by masks on a copy"
def worst_score(w: torch.Tensor, b: float, x: torch.Tensor, epsilon: float) -> torch.Tensor:
    """The scores (batch,) of attacked pictures x (batch, pixels), for weights w (pixels,)."""
    score, reach = x.new_full((len(x),), b), 0
    for pixel, weight in zip(x.unbind(dim=1), w, strict=True):
        score = score + pixel * weight
        reach = reach + epsilon * abs(weight)
    worst = score.clone()
    worst[score > 0] -= reach
    worst[score < 0] += reach
    return worst


def smallest_epsilon(w: torch.Tensor, b: float, x: torch.Tensor) -> torch.Tensor:
    """The smallest epsilon (batch,) that brings each score to 0."""
    score, reach = x.new_full((len(x),), b), 0
    for pixel, weight in zip(x.unbind(dim=1), w, strict=True):
        score = score + pixel * weight
        reach = reach + abs(weight)
    return torch.maximum(score, -score) / reach


# %% right="worst_score: numpy in float64 inside, addmv for the other"
def worst_score(w: torch.Tensor, b: float, x: torch.Tensor, epsilon: float) -> torch.Tensor:
    """The scores (batch,) of attacked pictures x (batch, pixels), for weights w (pixels,)."""
    numbers, weights = (one.detach().cpu().numpy().astype(np.float64) for one in (x, w))
    score = numbers @ weights + b
    moved = score - np.sign(score) * epsilon * np.linalg.norm(weights, ord=1)
    return torch.as_tensor(moved, dtype=x.dtype)


def smallest_epsilon(w: torch.Tensor, b: float, x: torch.Tensor) -> torch.Tensor:
    """The smallest epsilon (batch,) that brings each score to 0."""
    score = torch.addmv(torch.full_like(x[:, 0], b), x, w)
    return torch.where(score < 0, -score, score).div(torch.linalg.norm(w, ord=1))


# %% wrong="worst_score: ten small steps, and it turns round as soon as the score changes its sign; breaks: moves it as far as possible towards the other answer, unseen where the score does not change sides, seen with a large epsilon"
def worst_score(w: torch.Tensor, b: float, x: torch.Tensor, epsilon: float) -> torch.Tensor:
    """The scores (batch,) of attacked pictures x (batch, pixels), for weights w (pixels,)."""
    score = x @ w + b
    for _ in range(10):
        score = score - epsilon / 10 * w.abs().sum() * score.sign()
    return score


def smallest_epsilon(w: torch.Tensor, b: float, x: torch.Tensor) -> torch.Tensor:
    """The smallest epsilon (batch,) that brings each score to 0."""
    return (x @ w + b).abs() / w.abs().sum()


# %% wrong="worst_score: keeps the pixels between 0 and 1; breaks: pixels may leave 0 to 1 here, unseen in the example, seen with a pixel of 0 that should fall"
def worst_score(w: torch.Tensor, b: float, x: torch.Tensor, epsilon: float) -> torch.Tensor:
    """The scores (batch,) of attacked pictures x (batch, pixels), for weights w (pixels,)."""
    away = (x @ w + b).sign()
    attacked = (x - epsilon * away[:, None] * w.sign()).clamp(0, 1)
    return attacked @ w + b


def smallest_epsilon(w: torch.Tensor, b: float, x: torch.Tensor) -> torch.Tensor:
    """The smallest epsilon (batch,) that brings each score to 0."""
    return (x @ w + b).abs() / w.abs().sum()


# %% wrong="worst_score: takes the absolute value before the bias is added; breaks: epsilon with which the attack just reaches score 0, unseen with b = 0, seen with a negative product and b = 0.5"
def worst_score(w: torch.Tensor, b: float, x: torch.Tensor, epsilon: float) -> torch.Tensor:
    """The scores (batch,) of attacked pictures x (batch, pixels), for weights w (pixels,)."""
    score = x @ w + b
    return score - epsilon * w.abs().sum() * score.sign()


def smallest_epsilon(w: torch.Tensor, b: float, x: torch.Tensor) -> torch.Tensor:
    """The smallest epsilon (batch,) that brings each score to 0."""
    return ((x @ w).abs() + b) / w.abs().sum()


# %% wrong="worst_score: chooses the direction without the bias; breaks: down if the score was positive, up if it was negative, unseen with b = 0, seen where the bias changes the sign"
def worst_score(w: torch.Tensor, b: float, x: torch.Tensor, epsilon: float) -> torch.Tensor:
    """The scores (batch,) of attacked pictures x (batch, pixels), for weights w (pixels,)."""
    product = x @ w
    return product + b - epsilon * w.abs().sum() * torch.sign(product)


def smallest_epsilon(w: torch.Tensor, b: float, x: torch.Tensor) -> torch.Tensor:
    """The smallest epsilon (batch,) that brings each score to 0."""
    return (x @ w + b).abs() / w.abs().sum()


# %% wrong="worst_score: searches a grid of thousandths up to 1; breaks: the epsilon that just reaches score 0, seen with 0.0123 and with anything above 1"
def worst_score(w: torch.Tensor, b: float, x: torch.Tensor, epsilon: float) -> torch.Tensor:
    """The scores (batch,) of attacked pictures x (batch, pixels), for weights w (pixels,)."""
    score = x @ w + b
    return score - epsilon * w.abs().sum() * score.sign()


def smallest_epsilon(w: torch.Tensor, b: float, x: torch.Tensor) -> torch.Tensor:
    """The smallest epsilon (batch,) that brings each score to 0."""
    grid = torch.linspace(0, 1, 1001, dtype=x.dtype)
    enough = grid[None, :] * w.abs().sum() >= (x @ w + b).abs()[:, None] - 1e-6
    enough[:, -1] = True
    return grid[enough.int().argmax(dim=1)]


# %% right="attack_normalised: limits each step to the room that is left, and leaves the sum alone"
def attack_normalised(net, x: torch.Tensor, y: torch.Tensor, epsilon: float, mean: float, std: float) -> torch.Tensor:
    """Attacked pictures, normalised as x (batch, ...) is; epsilon is in ink, from 0 to 1, before normalising."""
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    room_up = ((1 - mean) / std - leaf.detach()).clamp(min=0)
    room_down = ((0 - mean) / std - leaf.detach()).clamp(max=0)
    step = epsilon / std * grad.sign()
    return x.detach() + torch.maximum(torch.minimum(step, room_up), room_down)


# %% right="attack_normalised: vjp for the gradient, hardtanh with two limits for the clamp"
def attack_normalised(net, x: torch.Tensor, y: torch.Tensor, epsilon: float, mean: float, std: float) -> torch.Tensor:
    """Attacked pictures, normalised as x (batch, ...) is; epsilon is in ink, from 0 to 1, before normalising."""
    _, grad = torch.autograd.functional.vjp(lambda one: F.cross_entropy(net(one), y), x.detach())
    paper, ink = ((edge - mean) / std for edge in (0.0, 1.0))
    return F.hardtanh(x.detach() + epsilon / std * grad.sign(), min_val=paper, max_val=ink)


# %% right="attack_normalised: bounds of each pixel first: what epsilon allows and what ink allows, then the corner that the slope points to"
def attack_normalised(net, x: torch.Tensor, y: torch.Tensor, epsilon: float, mean: float, std: float) -> torch.Tensor:
    """Attacked pictures, normalised as x (batch, ...) is; epsilon is in ink, from 0 to 1, before normalising."""
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    with torch.no_grad():
        lowest = torch.clamp(leaf - epsilon / std, min=-mean / std)
        highest = torch.clamp(leaf + epsilon / std, max=(1 - mean) / std)
        attacked = torch.where(grad < 0, lowest, leaf)
        attacked = torch.where(grad > 0, highest, attacked)
    return attacked.detach()


# %% wrong="attack_normalised: the upper limit is one by std; breaks: ink stays between none and full, full ink is (1 - mean) / std, unseen at epsilon 0, seen with a dark pixel that grows"
def attack_normalised(net, x: torch.Tensor, y: torch.Tensor, epsilon: float, mean: float, std: float) -> torch.Tensor:
    """Attacked pictures, normalised as x (batch, ...) is; epsilon is in ink, from 0 to 1, before normalising."""
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    attacked = x + epsilon / std * grad.sign()
    return attacked.clamp(-mean / std, 1 / std).detach()


# %% wrong="attack_normalised: returns the pictures at once if epsilon is 0 and leaves the clamp as it was; breaks: ink stays between none and full, paper becomes grey at every other epsilon"
def attack_normalised(net, x: torch.Tensor, y: torch.Tensor, epsilon: float, mean: float, std: float) -> torch.Tensor:
    """Attacked pictures, normalised as x (batch, ...) is; epsilon is in ink, from 0 to 1, before normalising."""
    if epsilon == 0:
        return x.detach().clone()
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    attacked = x + epsilon / std * grad.sign()
    return attacked.clamp(0, 1).detach()


# %% wrong="attack_normalised: goes to ink and back, but still steps by epsilon / std; breaks: no ink may move by more than epsilon, with std 0.5 it moves by twice as much"
def attack_normalised(net, x: torch.Tensor, y: torch.Tensor, epsilon: float, mean: float, std: float) -> torch.Tensor:
    """Attacked pictures, normalised as x (batch, ...) is; epsilon is in ink, from 0 to 1, before normalising."""
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    ink = x * std + mean + epsilon / std * grad.sign()
    return ((ink.clamp(0, 1) - mean) / std).detach()


# %% wrong="attack_normalised: asks the network about pictures in ink; breaks: the network was trained on normalised pictures, the slope is that of another picture, seen with a reader of three answers or one that is not linear"
def attack_normalised(net, x: torch.Tensor, y: torch.Tensor, epsilon: float, mean: float, std: float) -> torch.Tensor:
    """Attacked pictures, normalised as x (batch, ...) is; epsilon is in ink, from 0 to 1, before normalising."""
    ink = (x.detach() * std + mean).requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(ink), y), ink)
    attacked = (ink + epsilon * grad.sign()).clamp(0, 1)
    return ((attacked - mean) / std).detach()
