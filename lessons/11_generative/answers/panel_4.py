# Answers by a panel that read only the released notebook: what `course audit` grades and counts apart. No student sees them.

# %% right="Autoencoder: layer sizes from a list, losses by einsum and softplus by hand"
class Autoencoder(nn.Module):
    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        sizes = [pixels, hidden, codes]
        self.encoder = self.chain(sizes)
        self.decoder = self.chain(sizes[::-1])

    @staticmethod
    def chain(sizes):
        a, b, c = sizes
        return nn.Sequential(nn.Linear(a, b), nn.ReLU(), nn.Linear(b, c))

    def forward(self, x):
        z = self.encoder(x)
        return z, self.decoder(z)


def squared_loss(drawing, x):
    gap = drawing - x
    return torch.einsum("ij,ij->", gap, gap) / len(gap)


def ink_loss(logits, x):
    return (F.softplus(logits) - logits * x).sum(dim=1).mean()


# %% right="Autoencoder: a threshold at 0 in place of ReLU, mean over pictures before the sum over pixels"
class Autoencoder(nn.Module):
    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.Threshold(0.0, 0.0), nn.Linear(hidden, codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.Threshold(0.0, 0.0), nn.Linear(hidden, pixels))

    def forward(self, x):
        z = self.encoder(x)
        logits = self.decoder(z)
        return z, logits


def squared_loss(drawing, x):
    return F.mse_loss(drawing, x, reduction="sum") / drawing.shape[0]


def ink_loss(logits, x):
    return F.binary_cross_entropy_with_logits(logits, x, reduction="none").mean(dim=0).sum()


# %% right="Autoencoder: loss picture by picture in a loop, and log-sigmoids"
class Autoencoder(nn.Module):
    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, out_features=codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, out_features=pixels))

    def forward(self, x):
        z = self.encoder(x)
        return z, self.decoder(z)


def squared_loss(drawing, x):
    each = [((one - other) ** 2).sum() for one, other in zip(drawing, x, strict=True)]
    return torch.stack(each).mean()


def ink_loss(logits, x):
    total = 0
    for one, ink in zip(logits, x, strict=True):
        total = total - (ink * F.logsigmoid(one) + (1 - ink) * F.logsigmoid(-one)).sum()
    return total / len(logits)


# %% wrong="Autoencoder: divides the ink loss by the number of pixels; breaks: averaged over the pictures, seen with 3 pictures of 5 pixels"
class Autoencoder(nn.Module):
    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x):
        z = self.encoder(x)
        return z, self.decoder(z)


def squared_loss(drawing, x):
    return ((drawing - x) ** 2).sum(dim=1).mean()


def ink_loss(logits, x):
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / logits.shape[1]


# %% wrong="Autoencoder: the decoder gets a detached code; breaks: gradients must find their way from a drawing to the first layer"
class Autoencoder(nn.Module):
    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x):
        z = self.encoder(x).detach()
        return z, self.decoder(z)


def squared_loss(drawing, x):
    return ((drawing - x) ** 2).sum(dim=1).mean()


def ink_loss(logits, x):
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)


# %% wrong="Autoencoder: returns probabilities; breaks: logits (batch, pixels) of their drawings, the loss takes the sigmoid"
class Autoencoder(nn.Module):
    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x):
        z = self.encoder(x)
        return z, torch.sigmoid(self.decoder(z))


def squared_loss(drawing, x):
    return ((drawing - x) ** 2).sum(dim=1).mean()


def ink_loss(logits, x):
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)


# %% wrong="Autoencoder: divides the squares by 2 always; breaks: averaged over the pictures, seen with one picture or three"
class Autoencoder(nn.Module):
    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x):
        z = self.encoder(x)
        return z, self.decoder(z)


def squared_loss(drawing, x):
    return ((drawing - x) ** 2).sum() / 2


def ink_loss(logits, x):
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)


# %% wrong="Autoencoder: decodes relu of the code; breaks: the decoder draws from the code, seen with a negative number in it"
class Autoencoder(nn.Module):
    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x):
        z = self.encoder(x)
        return z, self.decoder(torch.relu(z))


def squared_loss(drawing, x):
    return ((drawing - x) ** 2).sum(dim=1).mean()


def ink_loss(logits, x):
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)


# %% right="plane: one picture at a time, concatenated row by row from the top"
def in_between(start, end, n):
    return torch.stack([start + (end - start) * (i / (n - 1)) for i in range(n)])


def plane(decode, low, high, n):
    steps = [low + (high - low) * i / (n - 1) for i in range(n)]
    rows = []
    for up in reversed(steps):
        row = []
        for along in steps:
            one = decode(torch.tensor([[along, up]], dtype=torch.float32))
            side = math.isqrt(one.shape[1])
            row.append(one.reshape(side, side))
        rows.append(torch.cat(row, dim=1))
    return torch.cat(rows, dim=0)


# %% right="plane: torch.lerp, and F.fold lays the tiles"
def in_between(start, end, n):
    share = torch.linspace(0, 1, n, dtype=start.dtype).unsqueeze(1)
    return torch.lerp(start.expand(n, -1), end.expand(n, -1), share)


def plane(decode, low, high, n):
    line = torch.linspace(low, high, n, dtype=torch.float32)
    up, along = torch.meshgrid(line.flip(0), line, indexing="ij")
    pictures = decode(torch.stack([along.reshape(-1), up.reshape(-1)], dim=1))
    side = math.isqrt(pictures.shape[1])
    return F.fold(pictures.T.unsqueeze(0), n * side, kernel_size=side, stride=side)[0, 0]


# %% right="plane: numpy for the line, a sheet in the decoder's type that is filled tile by tile"
def in_between(start, end, n):
    line = np.linspace(start.detach().double().numpy(), end.detach().double().numpy(), num=n)
    return torch.from_numpy(line).to(start.dtype)


def plane(decode, low, high, n):
    steps = np.linspace(low, high, n)
    codes = torch.tensor([[a, b] for b in steps[::-1] for a in steps], dtype=torch.float32)
    tiles = decode(codes)
    side = round(tiles.shape[1] ** 0.5)
    big = tiles.new_zeros(n * side, n * side)
    for place, tile in enumerate(tiles):
        i, j = divmod(place, n)
        big[i * side : (i + 1) * side, j * side : (j + 1) * side] = tile.reshape(side, side)
    return big


# %% wrong="plane: reshapes without permuting; breaks: one large picture of n by n small ones, seen with pictures of 2 by 2 pixels"
def in_between(start, end, n):
    t = torch.linspace(0, 1, n, dtype=start.dtype)[:, None]
    return start + t * (end - start)


def plane(decode, low, high, n):
    line = torch.linspace(low, high, n)
    codes = torch.stack([line.repeat(n), line.flip(0).repeat_interleave(n)], dim=1)
    pictures = decode(codes)
    side = math.isqrt(pictures.shape[1])
    return pictures.reshape(n * side, n * side)


# %% wrong="plane: each small picture lies transposed; breaks: the map is of what decode draws, seen with pictures of 2 by 2 pixels"
def in_between(start, end, n):
    t = torch.linspace(0, 1, n, dtype=start.dtype)[:, None]
    return start + t * (end - start)


def plane(decode, low, high, n):
    line = torch.linspace(low, high, n)
    codes = torch.stack([line.repeat(n), line.flip(0).repeat_interleave(n)], dim=1)
    pictures = decode(codes)
    side = math.isqrt(pictures.shape[1])
    return pictures.reshape(n, n, side, side).permute(0, 3, 1, 2).reshape(n * side, n * side)


# %% wrong="plane: codes run from 0 to high; breaks: from low to high, seen with low = -1"
def in_between(start, end, n):
    t = torch.linspace(0, 1, n, dtype=start.dtype)[:, None]
    return start + t * (end - start)


def plane(decode, low, high, n):
    line = torch.linspace(0, 1, n) * high
    codes = torch.stack([line.repeat(n), line.flip(0).repeat_interleave(n)], dim=1)
    pictures = decode(codes)
    side = math.isqrt(pictures.shape[1])
    return pictures.reshape(n, n, side, side).permute(0, 2, 1, 3).reshape(n * side, n * side)


# %% wrong="plane: in_between walks with start itself; breaks: it leaves its inputs unchanged, start is end afterwards"
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
    pictures = decode(codes)
    side = math.isqrt(pictures.shape[1])
    return pictures.reshape(n, n, side, side).permute(0, 2, 1, 3).reshape(n * side, n * side)


# %% wrong="plane: a float32 sheet is filled; breaks: in the type that decode returns, seen with a decoder in float64"
def in_between(start, end, n):
    t = torch.linspace(0, 1, n, dtype=start.dtype)[:, None]
    return start + t * (end - start)


def plane(decode, low, high, n):
    line = torch.linspace(low, high, n)
    sheet_of_all = None
    for i, up in enumerate(line.flip(0)):
        for j, along in enumerate(line):
            one = decode(torch.stack([along, up])[None])[0]
            side = math.isqrt(len(one))
            if sheet_of_all is None:
                sheet_of_all = torch.zeros(n * side, n * side)
            sheet_of_all[i * side : (i + 1) * side, j * side : (j + 1) * side] = one.reshape(side, side)
    return sheet_of_all


# %% right="who: loop over triplets, min of pairs over people"
def triplet_loss(anchor, positive, negative, margin):
    losses = []
    for a, p, n in zip(anchor, positive, negative, strict=True):
        near, far = torch.dot(a - p, a - p), torch.dot(a - n, a - n)
        losses.append(torch.relu(near - far + margin))
    return torch.stack(losses).mean()


def recognise(code, known, names, limit):
    far, name = min(
        ((float(((one - code) ** 2).sum()), name) for one, name in zip(known, names, strict=True)),
        key=lambda pair: pair[0],
    )
    return name if far <= limit else None


# %% right="who: einsum and clamp, topk of the negative distances"
def triplet_loss(anchor, positive, negative, margin):
    squared = lambda gap: torch.einsum("ij,ij->i", gap, gap)
    return (squared(anchor - positive) - squared(anchor - negative) + margin).clamp(min=0).sum() / anchor.shape[0]


def recognise(code, known, names, limit):
    value, place = (known - code).square().sum(dim=1).neg().topk(1)
    if -value.item() > limit:
        return None
    return names[place.item()]


# %% right="who: mse_loss without reduction, numpy for the door"
def triplet_loss(anchor, positive, negative, margin):
    near = F.mse_loss(anchor, positive, reduction="none").sum(dim=-1)
    far = F.mse_loss(anchor, negative, reduction="none").sum(dim=-1)
    return torch.maximum(near - far + margin, torch.zeros_like(near)).mean()


def recognise(code, known, names, limit):
    gaps = known.detach().numpy() - code.detach().numpy()
    squares = np.sum(gaps**2, axis=1)
    winner = int(np.argmin(squares))
    return None if squares[winner] > limit else names[winner]


# %% wrong="who: the max is outside the mean; breaks: the mean of L over the triplets, seen with an easy triplet beside a hard one"
def triplet_loss(anchor, positive, negative, margin):
    near = ((anchor - positive) ** 2).sum(dim=1)
    far = ((anchor - negative) ** 2).sum(dim=1)
    return (near - far + margin).mean().clamp(min=0)


def recognise(code, known, names, limit):
    squares = ((known - code) ** 2).sum(dim=1)
    nearest = int(squares.argmin())
    return names[nearest] if squares[nearest] <= limit else None


# %% wrong="who: compares the plain distance with the limit; breaks: at a squared distance of more than limit, seen at distance 2 with limit 3"
def triplet_loss(anchor, positive, negative, margin):
    near = ((anchor - positive) ** 2).sum(dim=1)
    far = ((anchor - negative) ** 2).sum(dim=1)
    return (near - far + margin).clamp(min=0).mean()


def recognise(code, known, names, limit):
    far = torch.linalg.norm(known - code, dim=1)
    nearest = int(far.argmin())
    return names[nearest] if far[nearest] <= limit else None


# %% wrong="who: takes the first one within the limit; breaks: the name of the nearest one, seen when the second is nearer"
def triplet_loss(anchor, positive, negative, margin):
    near = ((anchor - positive) ** 2).sum(dim=1)
    far = ((anchor - negative) ** 2).sum(dim=1)
    return (near - far + margin).clamp(min=0).mean()


def recognise(code, known, names, limit):
    for one, name in zip(known, names, strict=True):
        if ((one - code) ** 2).sum() <= limit:
            return name
    return None


# %% wrong="who: adds the losses up; breaks: the mean of L over the triplets, seen with two triplets"
def triplet_loss(anchor, positive, negative, margin):
    near = ((anchor - positive) ** 2).sum(dim=1)
    far = ((anchor - negative) ** 2).sum(dim=1)
    return F.relu(near - far + margin).sum()


def recognise(code, known, names, limit):
    squares = ((known - code) ** 2).sum(dim=1)
    nearest = int(squares.argmin())
    return names[nearest] if squares[nearest] <= limit else None


# %% wrong="who: no gradient to the negative; breaks: gradients flow back to anchor, positive and negative"
def triplet_loss(anchor, positive, negative, margin):
    near = ((anchor - positive) ** 2).sum(dim=1)
    with torch.no_grad():
        far = ((anchor - negative) ** 2).sum(dim=1)
    return (near - far + margin).clamp(min=0).mean()


def recognise(code, known, names, limit):
    squares = ((known - code) ** 2).sum(dim=1)
    nearest = int(squares.argmin())
    return names[nearest] if squares[nearest] <= limit else None


# %% right="draw_code: rsample of torch.distributions"
def draw_code(mean, logvar):
    cloud = torch.distributions.Normal(mean, torch.exp(logvar / 2), validate_args=False)
    return cloud.rsample()


def draw_many(mean, logvar, k):
    return torch.distributions.Normal(mean, torch.exp(logvar / 2), validate_args=False).rsample((k,))


# %% right="draw_code: k single draws stacked, the root of the variance"
def draw_code(mean, logvar):
    noise = torch.empty_like(mean).normal_().detach()
    return torch.addcmul(mean, torch.exp(0.5 * logvar), noise)


def draw_many(mean, logvar, k):
    return torch.stack([draw_code(mean, logvar) for _ in range(k)])


# %% right="draw_code: one draw is the first of many, torch.normal with fixed mean and deviation"
def draw_many(mean, logvar, k):
    shape = (k, *mean.shape)
    chance = torch.normal(torch.zeros(shape, dtype=mean.dtype), torch.ones(shape, dtype=mean.dtype))
    return mean[None] + (logvar * 0.5).exp()[None] * chance


def draw_code(mean, logvar):
    return draw_many(mean, logvar, 1)[0]


# %% wrong="draw_code: takes the variance for the deviation; breaks: sigma = exp(logvar / 2), seen with logvar = 2"
def draw_code(mean, logvar):
    return mean + torch.exp(logvar) * torch.randn_like(mean)


def draw_many(mean, logvar, k):
    return mean + torch.exp(logvar) * torch.randn(k, *mean.shape, dtype=mean.dtype)


# %% wrong="draw_code: repeats one draw k times; breaks: k independent draws"
def draw_code(mean, logvar):
    return mean + torch.exp(logvar / 2) * torch.randn_like(mean)


def draw_many(mean, logvar, k):
    return draw_code(mean, logvar).repeat(k, *[1] * mean.dim())


# %% wrong="draw_code: draw_many uses torch.normal; breaks: through both, gradients flow back to mean and logvar"
def draw_code(mean, logvar):
    return mean + torch.exp(logvar / 2) * torch.randn_like(mean)


def draw_many(mean, logvar, k):
    std = torch.exp(logvar / 2)
    return torch.stack([torch.normal(mean, std) for _ in range(k)])


# %% wrong="draw_code: uniform noise; breaks: a draw from the normal distributions, its mean and spread are off"
def draw_code(mean, logvar):
    return mean + torch.exp(logvar / 2) * torch.rand_like(mean)


def draw_many(mean, logvar, k):
    return mean + torch.exp(logvar / 2) * torch.rand(k, *mean.shape, dtype=mean.dtype)


# %% wrong="draw_code: one random number for the whole code; breaks: one draw for each entry"
def draw_code(mean, logvar):
    eps = torch.randn(1, dtype=mean.dtype)
    return mean + torch.exp(logvar / 2) * eps


def draw_many(mean, logvar, k):
    return torch.stack([draw_code(mean, logvar) for _ in range(k)])


# %% right="kl: torch.distributions for both"
def kl_to_normal(mean, logvar):
    cloud = torch.distributions.Normal(mean, torch.exp(logvar / 2))
    middle = torch.distributions.Normal(torch.zeros_like(mean), torch.ones_like(mean))
    return torch.distributions.kl_divergence(cloud, middle).sum(dim=1)


def kl_by_draws(mean, logvar, codes):
    cloud = torch.distributions.Normal(mean, torch.exp(logvar / 2))
    middle = torch.distributions.Normal(torch.zeros_like(mean), torch.ones_like(mean))
    return (cloud.log_prob(codes) - middle.log_prob(codes)).sum(dim=-1).mean(dim=0)


# %% right="kl: row by row, and draw by draw, in loops"
def kl_to_normal(mean, logvar):
    rows = []
    for m, v in zip(mean, logvar, strict=True):
        rows.append(0.5 * (torch.dot(m, m) + v.exp().sum() - v.sum() - len(m)))
    return torch.stack(rows)


def kl_by_draws(mean, logvar, codes):
    total = 0
    for z in codes:
        log_q = -(logvar + (z - mean) ** 2 * torch.exp(-logvar)) / 2
        log_p = -(z * z) / 2
        total = total + (log_q - log_p).sum(dim=1)
    return total / len(codes)


# %% right="kl: in float64 inside, and one log-density helper"
def log_density_of(z, mu, lv):
    return -0.5 * (math.log(2 * math.pi) + lv + (z - mu).square() / lv.exp())


def kl_to_normal(mean, logvar):
    m, v = mean.double(), logvar.double()
    return torch.einsum("bc->b", (m.square() + torch.expm1(v) - v) / 2).to(mean.dtype)


def kl_by_draws(mean, logvar, codes):
    m, v, z = mean.double(), logvar.double(), codes.double()
    zero = torch.zeros_like(m)
    gap = log_density_of(z, m, v) - log_density_of(z, zero, zero)
    return gap.mean(dim=0).sum(dim=1).to(mean.dtype)


# %% wrong="kl: sums over the draws; breaks: the mean of log q - log p over the k draws, seen with k = 4"
def kl_to_normal(mean, logvar):
    return 0.5 * (mean**2 + logvar.exp() - logvar - 1).sum(dim=1)


def kl_by_draws(mean, logvar, codes):
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp())
    log_p = -0.5 * codes**2
    return (log_q - log_p).sum(dim=(0, 2))


# %% wrong="kl: forgets log sigma squared in log q; breaks: the formula of log N, seen with logvar other than 0"
def kl_to_normal(mean, logvar):
    return 0.5 * (mean**2 + logvar.exp() - logvar - 1).sum(dim=1)


def kl_by_draws(mean, logvar, codes):
    log_q = -0.5 * (codes - mean) ** 2 / logvar.exp()
    log_p = -0.5 * codes**2
    return (log_q - log_p).sum(dim=2).mean(dim=0)


# %% wrong="kl: the deviation in place of the variance; breaks: mu squared + sigma squared, seen with logvar other than 0"
def kl_to_normal(mean, logvar):
    sigma = torch.exp(logvar / 2)
    return 0.5 * (mean**2 + sigma - logvar - 1).sum(dim=1)


def kl_by_draws(mean, logvar, codes):
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp())
    log_p = -0.5 * codes**2
    return (log_q - log_p).sum(dim=2).mean(dim=0)


# %% wrong="kl: averages the codes first; breaks: the mean of log q - log p over the draws, seen with k = 4"
def kl_to_normal(mean, logvar):
    return 0.5 * (mean**2 + logvar.exp() - logvar - 1).sum(dim=1)


def kl_by_draws(mean, logvar, codes):
    z = codes.mean(dim=0)
    log_q = -0.5 * (logvar + (z - mean) ** 2 / logvar.exp())
    log_p = -0.5 * z**2
    return (log_q - log_p).sum(dim=1)


# %% wrong="kl: divides by sigma and not by its square in log q; breaks: the formula of log N, seen with logvar other than 0"
def kl_to_normal(mean, logvar):
    return 0.5 * (mean**2 + logvar.exp() - logvar - 1).sum(dim=1)


def kl_by_draws(mean, logvar, codes):
    sigma = torch.exp(logvar / 2)
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / sigma)
    log_p = -0.5 * codes**2
    return (log_q - log_p).sum(dim=2).mean(dim=0)


# %% right="VAE: unflatten and unbind, loss split into two means"
class VAE(nn.Module):
    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, 2 * codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x, draw):
        mean, logvar = self.encoder(x).unflatten(1, (2, -1)).unbind(1)
        return mean, logvar, self.decoder(draw(mean, logvar))


def vae_loss(x, logits, kl, beta=1.0):
    ink = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(dim=-1)
    return ink.mean() + beta * kl.mean()


# %% right="VAE: slices by the number of codes, loss in a loop over pictures"
class VAE(nn.Module):
    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.codes = codes
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, codes + codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x, draw):
        both = self.encoder(x)
        mean, logvar = both[:, : self.codes], both[:, self.codes :]
        z = draw(mean, logvar)
        return mean, logvar, self.decoder(z)


def vae_loss(x, logits, kl, beta=1.0):
    total = 0
    for ink, score, far in zip(x, logits, kl, strict=True):
        total = total + F.binary_cross_entropy_with_logits(score, ink, reduction="sum") + beta * far
    return total / len(kl)


# %% right="VAE: tensor_split, and the ink by softplus"
class VAE(nn.Module):
    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, codes * 2))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x, draw):
        mean, logvar = torch.tensor_split(self.encoder(x), 2, dim=1)
        z = draw(mean, logvar)
        logits = self.decoder(z)
        return mean, logvar, logits


def vae_loss(x, logits, kl, beta=1.0):
    ink = (F.softplus(logits) - x * logits).sum(dim=1)
    return torch.add(ink, kl, alpha=beta).mean()


# %% wrong="VAE: decodes the mean in evaluation mode; breaks: draw is called once, in evaluation mode too"
class VAE(nn.Module):
    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, 2 * codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x, draw):
        mean, logvar = self.encoder(x).chunk(2, dim=1)
        z = draw(mean, logvar) if self.training else mean
        return mean, logvar, self.decoder(z)


def vae_loss(x, logits, kl, beta=1.0):
    ink = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(dim=1)
    return (ink + beta * kl).mean()


# %% wrong="VAE: log-variances first; breaks: means first"
class VAE(nn.Module):
    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, 2 * codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x, draw):
        logvar, mean = self.encoder(x).chunk(2, dim=1)
        z = draw(mean, logvar)
        return mean, logvar, self.decoder(z)


def vae_loss(x, logits, kl, beta=1.0):
    ink = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(dim=1)
    return (ink + beta * kl).mean()


# %% wrong="VAE: ignores beta; breaks: plus beta times the divergence, seen with beta = 2"
class VAE(nn.Module):
    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, 2 * codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x, draw):
        mean, logvar = self.encoder(x).chunk(2, dim=1)
        z = draw(mean, logvar)
        return mean, logvar, self.decoder(z)


def vae_loss(x, logits, kl, beta=1.0):
    ink = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(dim=1)
    return (ink + kl).mean()


# %% wrong="VAE: draw is given the deviation; breaks: draw is a function like draw_code, of mean and logvar"
class VAE(nn.Module):
    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, 2 * codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x, draw):
        mean, logvar = self.encoder(x).chunk(2, dim=1)
        z = draw(mean, torch.exp(logvar / 2))
        return mean, logvar, self.decoder(z)


def vae_loss(x, logits, kl, beta=1.0):
    ink = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(dim=1)
    return (ink + beta * kl).mean()


# %% wrong="VAE: weighs ink and divergence together; breaks: beta stands before the divergence only, seen with beta = 2"
class VAE(nn.Module):
    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, 2 * codes))
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x, draw):
        mean, logvar = self.encoder(x).chunk(2, dim=1)
        z = draw(mean, logvar)
        return mean, logvar, self.decoder(z)


def vae_loss(x, logits, kl, beta=1.0):
    ink = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(dim=1)
    return (beta * (ink + kl)).mean()


# %% right="evidence: torch.distributions and logsumexp"
def log_share_of_draws(log_likelihood, mean, logvar, codes):
    cloud = torch.distributions.Normal(mean, torch.exp(logvar / 2))
    middle = torch.distributions.Normal(torch.zeros_like(mean), torch.ones_like(mean))
    return log_likelihood + (middle.log_prob(codes) - cloud.log_prob(codes)).sum(dim=2)


def elbo(log_likelihood, mean, logvar, codes):
    return log_share_of_draws(log_likelihood, mean, logvar, codes).mean(dim=0)


def log_evidence(log_likelihood, mean, logvar, codes):
    shares = log_share_of_draws(log_likelihood, mean, logvar, codes)
    return torch.logsumexp(shares - math.log(len(shares)), dim=0)


# %% right="evidence: the largest term of each picture taken out by hand"
def weigh_draws(log_likelihood, mean, logvar, codes):
    log_p = -0.5 * (codes**2).sum(dim=-1)
    log_q = -0.5 * (logvar + (codes - mean) ** 2 * torch.exp(-logvar)).sum(dim=-1)
    return log_likelihood + log_p - log_q


def elbo(log_likelihood, mean, logvar, codes):
    terms = weigh_draws(log_likelihood, mean, logvar, codes)
    return terms.sum(dim=0) / terms.shape[0]


def log_evidence(log_likelihood, mean, logvar, codes):
    terms = weigh_draws(log_likelihood, mean, logvar, codes)
    top = terms.max(dim=0, keepdim=True).values.detach()
    return top[0] + torch.log(torch.exp(terms - top).mean(dim=0))


# %% right="evidence: draws one at a time, added up by logaddexp, in float64 inside"
def each_draw(log_likelihood, mean, logvar, codes):
    m, v = mean.double(), logvar.double()
    for told, z in zip(log_likelihood.double(), codes.double(), strict=True):
        yield told + 0.5 * (v + (z - m) ** 2 / v.exp() - z**2).sum(dim=1)


def elbo(log_likelihood, mean, logvar, codes):
    return (sum(each_draw(log_likelihood, mean, logvar, codes)) / len(codes)).to(log_likelihood.dtype)


def log_evidence(log_likelihood, mean, logvar, codes):
    total = None
    for term in each_draw(log_likelihood, mean, logvar, codes):
        total = term if total is None else torch.logaddexp(total, term)
    return (total - math.log(len(codes))).to(log_likelihood.dtype)


# %% wrong="evidence: exponentiates first; breaks: the result must be right at -5,000, it is minus infinity"
def elbo(log_likelihood, mean, logvar, codes):
    log_p = -0.5 * (codes**2).sum(dim=2)
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp()).sum(dim=2)
    return (log_likelihood + log_p - log_q).mean(dim=0)


def log_evidence(log_likelihood, mean, logvar, codes):
    log_p = -0.5 * (codes**2).sum(dim=2)
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp()).sum(dim=2)
    return torch.exp(log_likelihood + log_p - log_q).mean(dim=0).log()


# %% wrong="evidence: the closed formula in the bound; breaks: from the draws alone, the closed formula is another number"
def elbo(log_likelihood, mean, logvar, codes):
    kl = 0.5 * (mean**2 + logvar.exp() - logvar - 1).sum(dim=1)
    return log_likelihood.mean(dim=0) - kl


def log_evidence(log_likelihood, mean, logvar, codes):
    log_p = -0.5 * (codes**2).sum(dim=2)
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp()).sum(dim=2)
    return torch.logsumexp(log_likelihood + log_p - log_q, dim=0) - math.log(len(codes))


# %% wrong="evidence: p and q the wrong way round; breaks: log p(x|z) + log p(z) - log q(z|x), seen with a mean other than 0"
def elbo(log_likelihood, mean, logvar, codes):
    log_p = -0.5 * (codes**2).sum(dim=2)
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp()).sum(dim=2)
    return (log_likelihood + log_q - log_p).mean(dim=0)


def log_evidence(log_likelihood, mean, logvar, codes):
    log_p = -0.5 * (codes**2).sum(dim=2)
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp()).sum(dim=2)
    return torch.logsumexp(log_likelihood + log_q - log_p, dim=0) - math.log(len(codes))


# %% wrong="evidence: takes out one maximum of the whole batch; breaks: must be right at -5,000, seen with another picture at -160"
def elbo(log_likelihood, mean, logvar, codes):
    log_p = -0.5 * (codes**2).sum(dim=2)
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp()).sum(dim=2)
    return (log_likelihood + log_p - log_q).mean(dim=0)


def log_evidence(log_likelihood, mean, logvar, codes):
    log_p = -0.5 * (codes**2).sum(dim=2)
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp()).sum(dim=2)
    terms = log_likelihood + log_p - log_q
    top = terms.max()
    return top + torch.exp(terms - top).mean(dim=0).log()


# %% wrong="evidence: forgets the weights p(z) / q(z|x) in the estimate; breaks: the estimate by importance sampling, seen with a mean other than 0"
def elbo(log_likelihood, mean, logvar, codes):
    log_p = -0.5 * (codes**2).sum(dim=2)
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp()).sum(dim=2)
    return (log_likelihood + log_p - log_q).mean(dim=0)


def log_evidence(log_likelihood, mean, logvar, codes):
    return torch.logsumexp(log_likelihood, dim=0) - math.log(len(log_likelihood))


# %% right="best: xlog1py, and one half written in by a mask"
def game_value(p, q, d):
    return (torch.special.xlogy(p, d) + torch.special.xlog1py(q, -d)).sum()


def best_discriminator(p, q):
    total = p + q
    answers = torch.full_like(p, 0.5)
    shown = total > 0
    answers[shown] = p[shown] / total[shown]
    return answers


# %% right="best: picture by picture with Python numbers"
def game_value(p, q, d):
    value = 0.0
    for a, b, c in zip(p.tolist(), q.tolist(), d.tolist(), strict=True):
        if a > 0:
            value += a * math.log(c) if c > 0 else -math.inf
        if b > 0:
            value += b * math.log(1 - c) if c < 1 else -math.inf
    return torch.tensor(value, dtype=p.dtype)


def best_discriminator(p, q):
    pairs = zip(p.tolist(), q.tolist(), strict=True)
    return torch.tensor([a / (a + b) if a + b else 0.5 for a, b in pairs], dtype=p.dtype)


# %% right="best: only terms that happen are added, and where with a safe denominator"
def game_value(p, q, d):
    seen, forged = p > 0, q > 0
    return (p[seen] * torch.log(d[seen])).sum() + (q[forged] * torch.log(1 - d[forged])).sum()


def best_discriminator(p, q):
    total = p + q
    never = total == 0
    return torch.where(never, 0.5 * torch.ones_like(p), p / torch.where(never, torch.ones_like(total), total))


# %% wrong="best: clamps the answers away from 0 and 1; breaks: V is minus infinity if what does happen was held to be impossible"
def game_value(p, q, d):
    d = d.clamp(1e-7, 1 - 1e-7)
    return (p * d.log() + q * (1 - d).log()).sum()


def best_discriminator(p, q):
    total = p + q
    return torch.where(total > 0, p / total, torch.full_like(p, 0.5))


# %% wrong="best: a small number in the denominator; breaks: for a picture that neither shows let it say one half, it says 0"
def game_value(p, q, d):
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum()


def best_discriminator(p, q):
    return p / (p + q + 1e-12)


# %% wrong="best: leaves out pictures with d = 0 or 1; breaks: V is minus infinity if what happens was held to be impossible"
def game_value(p, q, d):
    value = torch.zeros((), dtype=p.dtype)
    for a, b, c in zip(p, q, d, strict=True):
        if c > 0:
            value = value + a * torch.log(c)
        if c < 1:
            value = value + b * torch.log(1 - c)
    return value


def best_discriminator(p, q):
    total = p + q
    return torch.where(total > 0, p / total, torch.full_like(p, 0.5))


# %% wrong="best: plain products with a logarithm of 0; breaks: where p is 0 its term is 0 also beside a logarithm of 0, it is nan"
def game_value(p, q, d):
    return (p * torch.log(d) + q * torch.log(1 - d)).sum()


def best_discriminator(p, q):
    total = p + q
    return torch.where(total > 0, p / total, torch.full_like(p, 0.5))


# %% wrong="best: divides p in place; breaks: it leaves its inputs unchanged"
def game_value(p, q, d):
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum()


def best_discriminator(p, q):
    p /= p + q
    return p.nan_to_num(0.5)


# %% right="sizes: counts the places of the kernel, and asks how much is missing"
def size_down(n, kernel, stride, padding):
    return len(range(0, n + 2 * padding - kernel + 1, stride))


def size_up(n, kernel, stride, padding, output_padding=0):
    last_begins = (n - 1) * stride
    whole = last_begins + kernel
    return whole - padding - padding + output_padding


def output_padding_for(n, kernel, stride, padding):
    return n - size_up(size_down(n, kernel, stride, padding), kernel, stride, padding)


# %% right="sizes: divmod, keyword arguments"
def size_down(n, kernel, stride, padding):
    steps, _ = divmod(n + 2 * padding - kernel, stride)
    return 1 + steps


def size_up(n, kernel, stride, padding, output_padding=0):
    return kernel + stride * (n - 1) - 2 * padding + output_padding


def output_padding_for(n, kernel, stride, padding):
    _, lost = divmod(n + 2 * padding - kernel, stride)
    return lost


# %% right="sizes: torch's own convolution measures, and a search over all output paddings"
def size_down(n, kernel, stride, padding):
    return F.conv1d(torch.zeros(1, 1, n), torch.zeros(1, 1, kernel), stride=stride, padding=padding).shape[-1]


def size_up(n, kernel, stride, padding, output_padding=0):
    end = 0
    for pixel in range(n):
        end = pixel * stride + kernel
    return end - 2 * padding + output_padding


def output_padding_for(n, kernel, stride, padding):
    small = size_down(n, kernel, stride, padding)
    for extra in range(stride):
        if size_up(small, kernel, stride, padding, output_padding=extra) == n:
            return extra


# %% wrong="sizes: rounds up; breaks: a convolution with stride rounds down, size_down(29, 4, 2, 1) is 14"
def size_down(n, kernel, stride, padding):
    return math.ceil((n + 2 * padding - kernel) / stride) + 1


def size_up(n, kernel, stride, padding, output_padding=0):
    return (n - 1) * stride - 2 * padding + kernel + output_padding


def output_padding_for(n, kernel, stride, padding):
    return (n + 2 * padding - kernel) % stride


# %% wrong="sizes: size_up forgets output_padding; breaks: output_padding adds some pixels at the end"
def size_down(n, kernel, stride, padding):
    return (n + 2 * padding - kernel) // stride + 1


def size_up(n, kernel, stride, padding, output_padding=0):
    return (n - 1) * stride - 2 * padding + kernel


def output_padding_for(n, kernel, stride, padding):
    return (n + 2 * padding - kernel) % stride


# %% wrong="sizes: the remainder of n itself; breaks: returns to n, seen with an odd kernel, output_padding_for(28, 3, 2, 1) is 1"
def size_down(n, kernel, stride, padding):
    return (n + 2 * padding - kernel) // stride + 1


def size_up(n, kernel, stride, padding, output_padding=0):
    return (n - 1) * stride - 2 * padding + kernel + output_padding


def output_padding_for(n, kernel, stride, padding):
    return n % stride


# %% wrong="sizes: divides and multiplies by the stride only; breaks: the sizes of Conv2d and ConvTranspose2d, seen with kernel 7 and padding 0"
def size_down(n, kernel, stride, padding):
    return n // stride


def size_up(n, kernel, stride, padding, output_padding=0):
    return n * stride + output_padding


def output_padding_for(n, kernel, stride, padding):
    return n - size_up(size_down(n, kernel, stride, padding), kernel, stride, padding)


# %% wrong="sizes: the output_padding is always for stride 2; breaks: fewer than stride, returns to n, seen with stride 3 or 1"
def size_down(n, kernel, stride, padding):
    return (n + 2 * padding - kernel) // stride + 1


def size_up(n, kernel, stride, padding, output_padding=0):
    return (n - 1) * stride - 2 * padding + kernel + output_padding


def output_padding_for(n, kernel, stride, padding):
    return (n + 2 * padding - kernel) % 2


# %% right="Generator: layers from lists, keyword arguments"
class Generator(nn.Module):
    def __init__(self, noise: int, width: int):
        super().__init__()
        layers = [nn.ConvTranspose2d(in_channels=noise, out_channels=2 * width, kernel_size=7, bias=False)]
        layers += [nn.BatchNorm2d(num_features=2 * width), nn.ReLU()]
        layers += [nn.ConvTranspose2d(2 * width, width, kernel_size=(4, 4), stride=(2, 2), padding=(1, 1), bias=False)]
        layers += [nn.BatchNorm2d(width), nn.ReLU()]
        layers += [nn.ConvTranspose2d(width, 1, kernel_size=4, stride=2, padding=1), nn.Tanh()]
        self.net = nn.Sequential(*layers)

    def forward(self, noise):
        return self.net(noise)


class Discriminator(nn.Module):
    def __init__(self, width: int, answers: int = 1):
        super().__init__()
        layers = [nn.Conv2d(1, width, kernel_size=4, stride=2, padding=1), nn.LeakyReLU(negative_slope=0.2)]
        layers += [nn.Conv2d(width, 2 * width, 4, 2, 1, bias=False), nn.BatchNorm2d(2 * width), nn.LeakyReLU(0.2)]
        layers += [nn.Conv2d(2 * width, answers, kernel_size=7), nn.Flatten()]
        self.net = nn.Sequential(*layers)

    def forward(self, x):
        return self.net(x)


# %% right="Generator: named layers, functional activations"
class Generator(nn.Module):
    def __init__(self, noise: int, width: int):
        super().__init__()
        self.first = nn.ConvTranspose2d(noise, 2 * width, 7, bias=False)
        self.norm_first = nn.BatchNorm2d(2 * width)
        self.second = nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1, bias=False)
        self.norm_second = nn.BatchNorm2d(width)
        self.third = nn.ConvTranspose2d(width, 1, 4, stride=2, padding=1)

    def forward(self, noise):
        h = F.relu(self.norm_first(self.first(noise)))
        h = F.relu(self.norm_second(self.second(h)))
        return torch.tanh(self.third(h))


class Discriminator(nn.Module):
    def __init__(self, width: int, answers: int = 1):
        super().__init__()
        self.first = nn.Conv2d(1, width, 4, stride=2, padding=1)
        self.second = nn.Conv2d(width, 2 * width, 4, stride=2, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(2 * width)
        self.third = nn.Conv2d(2 * width, answers, 7)

    def forward(self, x):
        h = F.leaky_relu(self.first(x), 0.2)
        h = F.leaky_relu(self.norm(self.second(h)), 0.2)
        return self.third(h).flatten(start_dim=1)


# %% right="Generator: subclasses of Sequential"
class Generator(nn.Sequential):
    def __init__(self, noise: int, width: int):
        super().__init__(
            nn.ConvTranspose2d(noise, 2 * width, 7, stride=1, padding=0, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(width, 1, 4, stride=2, padding=1),
            nn.Tanh(),
        )

    def forward(self, noise):
        return super().forward(noise)


class Discriminator(nn.Sequential):
    def __init__(self, width: int, answers: int = 1):
        super().__init__(
            nn.Conv2d(1, width, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Conv2d(2 * width, answers, 7),
            nn.Flatten(),
        )

    def forward(self, x):
        return super().forward(x)


# %% wrong="Generator: sigmoid at the end; breaks: tanh, ink is 1 and paper is -1"
class Generator(nn.Module):
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

    def forward(self, noise):
        return self.net(noise)


class Discriminator(nn.Module):
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

    def forward(self, x):
        return self.net(x)


# %% wrong="Generator: plain ReLU in the discriminator, 0.2 becomes its inplace; breaks: leaky ReLU"
class Generator(nn.Module):
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

    def forward(self, noise):
        return self.net(noise)


class Discriminator(nn.Module):
    def __init__(self, width: int, answers: int = 1):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, width, 4, stride=2, padding=1),
            nn.ReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.ReLU(0.2),
            nn.Conv2d(2 * width, answers, 7),
            nn.Flatten(),
        )

    def forward(self, x):
        return self.net(x)


# %% wrong="Generator: ELU in the discriminator; breaks: leaky ReLU, seen on negative inputs"
class Generator(nn.Module):
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

    def forward(self, noise):
        return self.net(noise)


class Discriminator(nn.Module):
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

    def forward(self, x):
        return self.net(x)


# %% wrong="Generator: instance norm before the second ReLU; breaks: batch norm, seen with running statistics or with pictures of a batch"
class Generator(nn.Module):
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

    def forward(self, noise):
        return self.net(noise)


class Discriminator(nn.Module):
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

    def forward(self, x):
        return self.net(x)


# %% wrong="Generator: the discriminator returns probabilities; breaks: logits (batch, answers)"
class Generator(nn.Module):
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

    def forward(self, noise):
        return self.net(noise)


class Discriminator(nn.Module):
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

    def forward(self, x):
        return torch.sigmoid(self.net(x))


# %% right="discriminator_step: one walk back for the sum, fakes without a graph"
def discriminator_step(discriminator, generator, real, noise, optimiser):
    with torch.no_grad():
        fake = generator(noise)
    optimiser.zero_grad()
    on_real = discriminator(real).squeeze(1)
    on_fake = discriminator(fake).squeeze(1)
    loss = F.softplus(-on_real).mean() + F.softplus(on_fake).mean()
    loss.backward()
    optimiser.step()
    return loss.item(), on_real.sigmoid().mean().item(), on_fake.sigmoid().mean().item()


# %% right="discriminator_step: a loop over (pictures, label)"
def discriminator_step(discriminator, generator, real, noise, optimiser):
    optimiser.zero_grad(set_to_none=False)
    total, answers = 0.0, []
    for pictures, label in ((real, 1.0), (generator(noise).detach(), 0.0)):
        scores = discriminator(pictures)
        loss = F.binary_cross_entropy_with_logits(scores, torch.full_like(scores, label))
        loss.backward()
        total += loss.item()
        answers.append(float(torch.sigmoid(scores.detach()).mean()))
    optimiser.step()
    return total, answers[0], answers[1]


# %% right="discriminator_step: logsigmoid, labels as two tensors, gradients cleared parameter by parameter"
def discriminator_step(discriminator, generator, real, noise, optimiser):
    for parameter in discriminator.parameters():
        parameter.grad = None
    scores = discriminator(real).reshape(len(real))
    loss_on_real = -F.logsigmoid(scores).sum() / len(real)
    loss_on_real.backward()
    told_real = scores.detach().sigmoid().sum().item() / len(real)
    fakes = generator(noise).detach()
    scores = discriminator(fakes).reshape(len(noise))
    loss_on_fake = -F.logsigmoid(-scores).sum() / len(noise)
    loss_on_fake.backward()
    told_fake = scores.detach().sigmoid().sum().item() / len(noise)
    optimiser.step()
    return loss_on_real.item() + loss_on_fake.item(), told_real, told_fake


# %% wrong="discriminator_step: clears the generator and not itself; breaks: clear its gradients, seen with gradients from earlier"
def discriminator_step(discriminator, generator, real, noise, optimiser):
    bce = F.binary_cross_entropy_with_logits
    generator.zero_grad()
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


# %% wrong="discriminator_step: no detach; breaks: detach() ends the walk at the fakes, the generator gets gradients"
def discriminator_step(discriminator, generator, real, noise, optimiser):
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


# %% wrong="discriminator_step: labels the wrong way round; breaks: real pictures labels 1, fake pictures labels 0"
def discriminator_step(discriminator, generator, real, noise, optimiser):
    bce = F.binary_cross_entropy_with_logits
    optimiser.zero_grad()
    labels = torch.full((len(real),), 0.0)
    scores = discriminator(real).view(-1)
    loss_on_real = bce(scores, labels)
    loss_on_real.backward()
    on_real = torch.sigmoid(scores).mean().item()

    fake = generator(noise).detach()
    labels.fill_(1.0)
    scores = discriminator(fake).view(-1)
    loss_on_fake = bce(scores, labels)
    loss_on_fake.backward()
    on_fake = torch.sigmoid(scores).mean().item()
    optimiser.step()
    return (loss_on_real + loss_on_fake).item(), on_real, on_fake


# %% wrong="discriminator_step: the probability of the mean logit; breaks: as mean probabilities, seen with different scores"
def discriminator_step(discriminator, generator, real, noise, optimiser):
    bce = F.binary_cross_entropy_with_logits
    optimiser.zero_grad()
    labels = torch.full((len(real),), 1.0)
    scores = discriminator(real).view(-1)
    loss_on_real = bce(scores, labels)
    loss_on_real.backward()
    on_real = torch.sigmoid(scores.mean()).item()

    fake = generator(noise).detach()
    labels.fill_(0.0)
    scores = discriminator(fake).view(-1)
    loss_on_fake = bce(scores, labels)
    loss_on_fake.backward()
    on_fake = torch.sigmoid(scores.mean()).item()
    optimiser.step()
    return (loss_on_real + loss_on_fake).item(), on_real, on_fake


# %% wrong="discriminator_step: asks again after the step; breaks: as mean probabilities before the step"
def discriminator_step(discriminator, generator, real, noise, optimiser):
    bce = F.binary_cross_entropy_with_logits
    optimiser.zero_grad()
    labels = torch.full((len(real),), 1.0)
    loss_on_real = bce(discriminator(real).view(-1), labels)
    loss_on_real.backward()
    fake = generator(noise).detach()
    labels.fill_(0.0)
    loss_on_fake = bce(discriminator(fake).view(-1), labels)
    loss_on_fake.backward()
    optimiser.step()
    with torch.no_grad():
        on_real = torch.sigmoid(discriminator(real)).mean().item()
        on_fake = torch.sigmoid(discriminator(fake)).mean().item()
    return (loss_on_real + loss_on_fake).item(), on_real, on_fake


# %% right="generator_step: logsigmoid for both losses, autograd.grad for the optimiser's parameters"
def fooling_losses(logits):
    return F.logsigmoid(-logits).mean(), -F.logsigmoid(logits).mean()


def generator_step(discriminator, generator, noise, optimiser):
    loss = -F.logsigmoid(discriminator(generator(noise))).mean()
    ours = [p for group in optimiser.param_groups for p in group["params"]]
    for p, slope in zip(ours, torch.autograd.grad(loss, ours), strict=True):
        p.grad = slope
    optimiser.step()
    return loss.item()


# %% right="generator_step: binary cross-entropy with both labels"
def fooling_losses(logits):
    bce = F.binary_cross_entropy_with_logits
    return -bce(logits, torch.zeros_like(logits)), bce(logits, torch.ones_like(logits))


def generator_step(discriminator, generator, noise, optimiser):
    optimiser.zero_grad()
    scores = discriminator(generator(noise)).view(-1)
    loss = F.binary_cross_entropy_with_logits(scores, torch.ones(len(noise)))
    loss.backward()
    optimiser.step()
    return float(loss.detach())


# %% right="generator_step: logaddexp, the discriminator is frozen for the walk back and released again"
def fooling_losses(logits):
    zero = torch.zeros_like(logits)
    return -torch.logaddexp(zero, logits).mean(), torch.logaddexp(zero, -logits).mean()


def generator_step(discriminator, generator, noise, optimiser):
    generator.zero_grad()
    flags = [(p, p.requires_grad) for p in discriminator.parameters()]
    for p, _ in flags:
        p.requires_grad_(False)
    loss = fooling_losses(discriminator(generator(noise))[:, 0])[1]
    loss.backward()
    for p, flag in flags:
        p.requires_grad_(flag)
    optimiser.step()
    return loss.item()


# %% wrong="generator_step: never clears the gradients; breaks: gradients that the generator still holds must not count"
def fooling_losses(logits):
    return -F.softplus(logits).mean(), F.softplus(-logits).mean()


def generator_step(discriminator, generator, noise, optimiser):
    loss = F.softplus(-discriminator(generator(noise))).mean()
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong="generator_step: logarithm of the sigmoid; breaks: logits of 500 and -500 must work, it is infinite"
def fooling_losses(logits):
    d = torch.sigmoid(logits)
    return torch.log(1 - d).mean(), -torch.log(d).mean()


def generator_step(discriminator, generator, noise, optimiser):
    optimiser.zero_grad()
    loss = F.softplus(-discriminator(generator(noise))).mean()
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong="generator_step: freezes the discriminator for good; breaks: both networks can still learn afterwards"
def fooling_losses(logits):
    return -F.softplus(logits).mean(), F.softplus(-logits).mean()


def generator_step(discriminator, generator, noise, optimiser):
    discriminator.requires_grad_(False)
    optimiser.zero_grad()
    loss = F.softplus(-discriminator(generator(noise))).mean()
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong="generator_step: steps on log(1 - D) and reports the other; breaks: takes one step on the non-saturating loss"
def fooling_losses(logits):
    return -F.softplus(logits).mean(), F.softplus(-logits).mean()


def generator_step(discriminator, generator, noise, optimiser):
    optimiser.zero_grad()
    saturating, told = fooling_losses(discriminator(generator(noise)).view(-1))
    saturating.backward()
    optimiser.step()
    return told.item()


# %% wrong="generator_step: keeps the sigmoid away from 0 by a small number; breaks: logits of 500 must work, -log D of -500 is 500 and not 16"
def fooling_losses(logits):
    d = torch.sigmoid(logits).clamp(1e-7, 1 - 1e-7)
    return torch.log(1 - d).mean(), -torch.log(d).mean()


def generator_step(discriminator, generator, noise, optimiser):
    optimiser.zero_grad()
    loss = F.softplus(-discriminator(generator(noise))).mean()
    loss.backward()
    optimiser.step()
    return loss.item()


# %% right="train_gan: other noise for each turn, betas as keyword for both"
def train_gan(generator, discriminator, loader, epochs, noise_size, lr, steps):
    optimisers = [torch.optim.Adam(net.parameters(), lr=lr, betas=(0.5, 0.999)) for net in (discriminator, generator)]
    history = []
    for _ in range(epochs):
        for real, _labels in loader:
            fresh = lambda count=len(real): torch.randn(count, noise_size, 1, 1)
            loss_d, on_real, on_fake = steps[0](discriminator, generator, real, fresh(), optimisers[0])
            loss_g = steps[1](discriminator, generator, fresh(), optimisers[1])
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% right="train_gan: one stream of all batches from a generator, named steps"
def train_gan(generator, discriminator, loader, epochs, noise_size, lr, steps):
    detective, forger = steps
    mind, hand = (torch.optim.Adam(net.parameters(), lr, (0.5, 0.999)) for net in (discriminator, generator))
    stream = (batch[0] for _ in range(epochs) for batch in loader)
    told = []
    for real in stream:
        chance = torch.normal(0.0, 1.0, size=(real.shape[0], noise_size, 1, 1))
        first = detective(discriminator, generator, real, chance, mind)
        second = forger(discriminator, generator, chance, hand)
        told.append((first[0], second, first[1], first[2]))
    return told


# %% right="train_gan: a while loop, noise drawn in place"
def train_gan(generator, discriminator, loader, epochs, noise_size, lr, steps):
    turn_d, turn_g = steps
    recipe = {"lr": lr, "betas": (0.5, 0.999)}
    optimiser_d = torch.optim.Adam(list(discriminator.parameters()), **recipe)
    optimiser_g = torch.optim.Adam(list(generator.parameters()), **recipe)
    history, epoch = [], 0
    while epoch < epochs:
        epoch += 1
        for pictures, _ in iter(loader):
            noise = torch.empty(pictures.size(0), noise_size, 1, 1).normal_()
            loss_d, *answers = turn_d(discriminator, generator, pictures, noise, optimiser_d)
            history.append((loss_d, turn_g(discriminator, generator, noise, optimiser_g), *answers))
    return history


# %% wrong="train_gan: only the detective's memory is shortened; breaks: DCGAN's recipe for both, Adam with beta1 = 0.5"
def train_gan(generator, discriminator, loader, epochs, noise_size, lr, steps):
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.999))
    optimiser_g = torch.optim.Adam(generator.parameters(), lr)
    history = []
    for _ in range(epochs):
        for real, _ in loader:
            noise = torch.randn(len(real), noise_size, 1, 1)
            told = turn_d(discriminator, generator, real, noise, optimiser_d)
            loss_g = turn_g(discriminator, generator, noise, optimiser_g)
            loss_d, on_real, on_fake = told
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% wrong="train_gan: noise for a full batch always; breaks: the last batch may be smaller, seen with 3 pictures in batches of 2"
def train_gan(generator, discriminator, loader, epochs, noise_size, lr, steps):
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


# %% wrong="train_gan: uniform noise; breaks: standard normal noise; once more"
def train_gan(generator, discriminator, loader, epochs, noise_size, lr, steps):
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


# %% wrong="train_gan: noise is drawn once in an epoch and cut to the batch; breaks: each batch gets noise of its own"
def train_gan(generator, discriminator, loader, epochs, noise_size, lr, steps):
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.999))
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, betas=(0.5, 0.999))
    history = []
    for _ in range(epochs):
        noise = torch.randn(loader.batch_size, noise_size, 1, 1)
        for real, _ in loader:
            loss_d, on_real, on_fake = turn_d(discriminator, generator, real, noise[: len(real)], optimiser_d)
            loss_g = turn_g(discriminator, generator, noise[: len(real)], optimiser_g)
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% wrong="train_gan: leaves a smaller last batch out; breaks: for each batch, the last batch may be smaller"
def train_gan(generator, discriminator, loader, epochs, noise_size, lr, steps):
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.999))
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, betas=(0.5, 0.999))
    history = []
    for _ in range(epochs):
        for real, _ in loader:
            if len(real) < loader.batch_size:
                continue
            noise = torch.randn(len(real), noise_size, 1, 1)
            loss_d, on_real, on_fake = turn_d(discriminator, generator, real, noise, optimiser_d)
            loss_g = turn_g(discriminator, generator, noise, optimiser_g)
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% right="gram: einsum, mse_loss over pairs"
def gram(maps):
    return torch.einsum("bchw,bdhw->bcd", maps, maps) / (maps.shape[2] * maps.shape[3])


def transfer_cost(maps, content, style, weight):
    style_cost = sum(F.mse_loss(gram(one), wanted) for one, wanted in zip(maps, style, strict=True))
    return F.mse_loss(maps[-1], content) + weight * style_cost


# %% right="gram: bmm of flattened maps, a loop with an index"
def gram(maps):
    places = maps.flatten(2)
    return torch.bmm(places, places.transpose(1, 2)).div(places.shape[2])


def transfer_cost(maps, content, style, weight):
    cost = (maps[-1] - content).square().mean()
    for i in range(len(style)):
        cost = cost + weight * (gram(maps[i]) - style[i]).pow(2).mean()
    return cost


# %% right="gram: all pairs by broadcasting, mean over both axes of places"
def gram(maps):
    pairs = maps[:, :, None] * maps[:, None]
    return pairs.mean(dim=(-2, -1))


def transfer_cost(maps, content, style, weight):
    *_, last = maps
    gaps = [gram(one) - wanted for one, wanted in zip(maps, style, strict=True)]
    style_part = torch.stack([torch.mean(gap * gap) for gap in gaps]).sum()
    return torch.mean((last - content) ** 2) + weight * style_part


# %% wrong="gram: content from the first layer; breaks: the last layer's maps, seen with two layers"
def gram(maps):
    flat = maps.flatten(2)
    return flat @ flat.transpose(1, 2) / flat.shape[2]


def transfer_cost(maps, content, style, weight):
    cost_of_style = sum(((gram(one) - wanted) ** 2).mean() for one, wanted in zip(maps, style, strict=True))
    return ((maps[0] - content) ** 2).mean() + weight * cost_of_style


# %% wrong="gram: divides by the square of the height; breaks: 1 over h w, seen with maps of 2 by 4"
def gram(maps):
    flat = maps.flatten(2)
    return flat @ flat.transpose(1, 2) / maps.shape[2] ** 2


def transfer_cost(maps, content, style, weight):
    cost_of_style = sum(((gram(one) - wanted) ** 2).mean() for one, wanted in zip(maps, style, strict=True))
    return ((maps[-1] - content) ** 2).mean() + weight * cost_of_style


# %% wrong="gram: view of the maps; breaks: it accepts non-contiguous tensors, such as a transpose"
def gram(maps):
    batch, channels, height, width = maps.shape
    flat = maps.view(batch, channels, height * width)
    return flat @ flat.transpose(1, 2) / (height * width)


def transfer_cost(maps, content, style, weight):
    cost_of_style = sum(((gram(one) - wanted) ** 2).mean() for one, wanted in zip(maps, style, strict=True))
    return ((maps[-1] - content) ** 2).mean() + weight * cost_of_style


# %% wrong="gram: the mean over layers; breaks: the sum over the layers, seen with two layers"
def gram(maps):
    flat = maps.flatten(2)
    return flat @ flat.transpose(1, 2) / flat.shape[2]


def transfer_cost(maps, content, style, weight):
    costs_of_style = [((gram(one) - wanted) ** 2).mean() for one, wanted in zip(maps, style, strict=True)]
    return ((maps[-1] - content) ** 2).mean() + weight * torch.stack(costs_of_style).mean()


# %% wrong="gram: squared differences of style are added up; breaks: the mean squared difference between the Gram matrices"
def gram(maps):
    flat = maps.flatten(2)
    return flat @ flat.transpose(1, 2) / flat.shape[2]


def transfer_cost(maps, content, style, weight):
    cost_of_style = sum(((gram(one) - wanted) ** 2).sum() for one, wanted in zip(maps, style, strict=True))
    return ((maps[-1] - content) ** 2).mean() + weight * cost_of_style


# %% right="fgsm: autograd.grad, picture counts from tensors, torch.where free sign"
def fgsm(x, grad, epsilon):
    return torch.clamp(x + epsilon * torch.sign(grad), min=0, max=1)


def under_attack(net, loader, epsilon, keep=5):
    net.eval()
    right, seen, fooled = 0, 0, []
    for x, y in loader:
        leaf = x.detach().clone().requires_grad_(True)
        scores = net(leaf)
        (slope,) = torch.autograd.grad(F.cross_entropy(scores, y, reduction="sum"), leaf)
        attacked = fgsm(leaf.detach(), slope, epsilon)
        with torch.no_grad():
            after = net(attacked).argmax(dim=1)
        before = scores.argmax(dim=1)
        right += int((after == y).sum())
        seen += y.numel()
        for was, now, truth, picture in zip(before.tolist(), after.tolist(), y.tolist(), attacked, strict=True):
            if was == truth != now and len(fooled) < keep:
                fooled.append((was, now, picture))
    return right / seen, fooled


# %% right="fgsm: signs from comparisons, every picture attacked on its own"
def fgsm(x, grad, epsilon):
    moved = x.clone()
    moved[grad > 0] += epsilon
    moved[grad < 0] -= epsilon
    return moved.clip(0, 1)


def under_attack(net, loader, epsilon, keep=5):
    net.train(False)
    hits, fooled = [], []
    for pictures, labels in loader:
        for i in range(len(labels)):
            x, y = pictures[i : i + 1].clone().requires_grad_(), labels[i : i + 1]
            scores = net(x)
            before = scores.argmax(dim=1).item()
            net.zero_grad()
            F.cross_entropy(scores, y).backward()
            attacked = fgsm(x.detach(), x.grad, epsilon)
            after = net(attacked).argmax(dim=1).item()
            hits.append(after == y.item())
            if before == y.item() and after != y.item():
                fooled.append((before, after, attacked[0]))
    return sum(hits) / len(hits), fooled[:keep]


# %% right="fgsm: numpy's sign and clip, the loss by log_softmax and gather"
def fgsm(x, grad, epsilon):
    step = epsilon * np.sign(grad.detach().numpy())
    return torch.from_numpy(np.clip(x.detach().numpy() + step, 0, 1)).to(x.dtype)


def under_attack(net, loader, epsilon, keep=5):
    net.eval()
    right, seen, fooled = 0, 0, []
    for x, y in loader:
        x = x.clone().requires_grad_()
        scores = net(x)
        before = scores.max(dim=1).indices
        net.zero_grad()
        loss = -F.log_softmax(scores, dim=1).gather(1, y[:, None]).mean()
        loss.backward()
        attacked = fgsm(x.detach(), x.grad, epsilon)
        after = net(attacked).max(dim=1).indices
        right += (after == y).sum().item()
        seen += len(x)
        for place in torch.nonzero((before == y) & (after != y)).flatten().tolist():
            if len(fooled) < keep:
                fooled.append((before[place].item(), after[place].item(), attacked[place]))
    return right / seen, fooled


# %% wrong="fgsm: clips only at the top; breaks: clip to 0 and 1, pictures from 0 to 1, seen with a dark pixel pushed down"
def fgsm(x, grad, epsilon):
    attacked = x + epsilon * grad.sign()
    return attacked.clamp(max=1)


def under_attack(net, loader, epsilon, keep=5):
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


# %% wrong="fgsm: moves pixels without slope down; breaks: in the direction, if any, in which the loss grows, seen with a gradient of 0"
def fgsm(x, grad, epsilon):
    attacked = x + torch.where(grad > 0, epsilon, -epsilon).to(x.dtype)
    return attacked.clamp(0, 1)


def under_attack(net, loader, epsilon, keep=5):
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


# %% wrong="fgsm: counts full batches; breaks: the share that is read correctly, seen with a smaller last batch"
def fgsm(x, grad, epsilon):
    attacked = x + epsilon * grad.sign()
    return attacked.clamp(0, 1)


def under_attack(net, loader, epsilon, keep=5):
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


# %% wrong="fgsm: keeps all whose answer changed; breaks: read correctly before the attack, seen with one wrong before and otherwise wrong after"
def fgsm(x, grad, epsilon):
    attacked = x + epsilon * grad.sign()
    return attacked.clamp(0, 1)


def under_attack(net, loader, epsilon, keep=5):
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


# %% wrong="fgsm: the loss of its own answers; breaks: the gradient of its own loss, that of the label, seen with a picture that was misread before"
def fgsm(x, grad, epsilon):
    attacked = x + epsilon * grad.sign()
    return attacked.clamp(0, 1)


def under_attack(net, loader, epsilon, keep=5):
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


# %% right="attack_figure: a figure with subplots of its own, the last two axes by reshape"
def attack_figure(picture, attacked):
    height, width = picture.detach().squeeze().shape
    before, after = (one.detach().cpu().reshape(height, width).numpy() for one in (picture, attacked))
    change = np.subtract(after, before)
    reach = float(np.abs(change).max())
    figure = plt.figure(figsize=(9, 2.8))
    left, middle, right = figure.subplots(nrows=1, ncols=3)
    left.imshow(before, cmap="gray_r", vmin=0, vmax=1)
    heat = middle.imshow(change, cmap="coolwarm", vmin=-reach, vmax=reach)
    right.imshow(after, cmap="gray_r", vmin=0, vmax=1)
    figure.colorbar(heat, ax=middle, location="right")
    for axis in (left, middle, right):
        axis.set_axis_off()
    return figure


# %% right="attack_figure: add_subplot in a loop, the change computed by torch"
def attack_figure(picture, attacked):
    with torch.no_grad():
        before, after = picture.detach().cpu().squeeze(), attacked.detach().cpu().squeeze()
        change = after - before
    reach = change.abs().max().item()
    grey = {"cmap": "gray_r", "vmin": 0, "vmax": 1}
    signed = {"cmap": "coolwarm", "vmin": -reach, "vmax": reach}
    figure = plt.figure(figsize=(9, 2.8))
    axes = [figure.add_subplot(1, 3, place) for place in (1, 2, 3)]
    for axis, one, look in zip(axes, (before, change, after), (grey, signed, grey), strict=True):
        axis.imshow(one.numpy(), **look)
        axis.axis("off")
    figure.colorbar(axes[1].images[0], ax=axes[1])
    return figure


# %% right="attack_figure: arrays from lists, plt.colorbar"
def attack_figure(picture, attacked):
    before, after = (np.squeeze(np.array(one.tolist())) for one in (picture, attacked))
    change = after - before
    reach = max(change.max(), -change.min())
    figure, axes = plt.subplots(ncols=3, figsize=(9, 2.8))
    axes[0].imshow(before, cmap="gray_r", vmin=0, vmax=1)
    heat = axes[1].imshow(change, cmap="coolwarm", vmin=-reach, vmax=reach)
    plt.colorbar(heat, ax=axes[1])
    axes[2].imshow(after, cmap="gray_r", vmin=0, vmax=1)
    for axis in axes:
        axis.set_axis_off()
    return figure


# %% wrong="attack_figure: the scale begins at the smallest change; breaks: a colour scale that is symmetric around zero"
def attack_figure(picture, attacked):
    pair = (picture, attacked)
    arrays = [one.detach().cpu().squeeze().numpy() for one in pair]
    before, after = arrays
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


# %% wrong="attack_figure: the scale begins at 0; breaks: symmetric around zero, changes are positive and negative"
def attack_figure(picture, attacked):
    pair = (picture, attacked)
    arrays = [one.detach().cpu().squeeze().numpy() for one in pair]
    before, after = arrays
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


# %% wrong="attack_figure: the bar stands at the very right of all three; breaks: a colour bar on the right of the heat map"
def attack_figure(picture, attacked):
    pair = (picture, attacked)
    arrays = [one.detach().cpu().squeeze().numpy() for one in pair]
    before, after = arrays
    change = after - before
    reach = abs(change).max()
    figure, axes = plt.subplots(1, 3, figsize=(9, 2.8))
    axes[0].imshow(before, cmap="gray_r", vmin=0, vmax=1)
    heat = axes[1].imshow(change, cmap="coolwarm", vmin=-reach, vmax=reach)
    figure.colorbar(heat, ax=axes)
    axes[2].imshow(after, cmap="gray_r", vmin=0, vmax=1)
    for axis in axes:
        axis.set_axis_off()
    return figure


# %% wrong="attack_figure: the bar stands on the left; breaks: a colour bar on its right"
def attack_figure(picture, attacked):
    pair = (picture, attacked)
    arrays = [one.detach().cpu().squeeze().numpy() for one in pair]
    before, after = arrays
    change = after - before
    reach = abs(change).max()
    figure, axes = plt.subplots(1, 3, figsize=(9, 2.8))
    axes[0].imshow(before, cmap="gray_r", vmin=0, vmax=1)
    heat = axes[1].imshow(change, cmap="coolwarm", vmin=-reach, vmax=reach)
    figure.colorbar(heat, ax=axes[1], location="left")
    axes[2].imshow(after, cmap="gray_r", vmin=0, vmax=1)
    for axis in axes:
        axis.set_axis_off()
    return figure


# %% wrong="attack_figure: computes the change within the picture's own memory; breaks: it leaves its inputs unchanged"
def attack_figure(picture, attacked):
    before, after = (one.detach().cpu().squeeze().numpy() for one in (picture, attacked))
    figure, axes = plt.subplots(1, 3, figsize=(9, 2.8))
    axes[0].imshow(before.copy(), cmap="gray_r", vmin=0, vmax=1)
    change = before
    change *= -1
    change += after
    reach = abs(change).max()
    heat = axes[1].imshow(change, cmap="coolwarm", vmin=-reach, vmax=reach)
    figure.colorbar(heat, ax=axes[1])
    axes[2].imshow(after, cmap="gray_r", vmin=0, vmax=1)
    for axis in axes:
        axis.set_axis_off()
    return figure


# %% right="worst_score: moves the pixels and takes the score again"
def worst_score(w, b, x, epsilon):
    score = x @ w + b
    against = -torch.sign(score)[:, None] * torch.sign(w)[None]
    return (x + epsilon * against) @ w + b


def smallest_epsilon(w, b, x):
    return torch.abs(x @ w + b) / torch.norm(w, p=1)


# %% right="worst_score: picture by picture, with if"
def worst_score(w, b, x, epsilon):
    reach = epsilon * w.abs().sum()
    out = []
    for one in x:
        score = (one * w).sum() + b
        out.append(score - reach if score > 0 else score + reach)
    return torch.stack(out)


def smallest_epsilon(w, b, x):
    most = w.abs().sum()
    return torch.stack([abs((one * w).sum() + b) / most for one in x])


# %% right="worst_score: numpy inside, in float64, and back to the type of x"
def worst_score(w, b, x, epsilon):
    weights, pictures = w.detach().double().numpy(), x.detach().double().numpy()
    scores = np.einsum("ij,j->i", pictures, weights) + b
    reach = epsilon * np.abs(weights).sum()
    return torch.tensor(np.where(scores > 0, scores - reach, scores + reach), dtype=x.dtype)


def smallest_epsilon(w, b, x):
    weights, pictures = w.detach().double().numpy(), x.detach().double().numpy()
    scores = np.einsum("ij,j->i", pictures, weights) + b
    return torch.tensor(np.abs(scores) / np.abs(weights).sum(), dtype=x.dtype)


# %% wrong="worst_score: stops at 0; breaks: as far as possible towards the other answer, seen with a large epsilon"
def worst_score(w, b, x, epsilon):
    score = x @ w + b
    return score.sign() * (score.abs() - epsilon * w.abs().sum()).clamp(min=0)


def smallest_epsilon(w, b, x):
    return (x @ w + b).abs() / w.abs().sum()


# %% wrong="worst_score: keeps the moved pixels from 0 to 1; breaks: pixels may leave 0 to 1 here, seen with pixels near 0 or 1"
def worst_score(w, b, x, epsilon):
    score = x @ w + b
    return (x - epsilon * score.sign()[:, None] * w.sign()).clamp(0, 1) @ w + b


def smallest_epsilon(w, b, x):
    return (x @ w + b).abs() / w.abs().sum()


# %% wrong="worst_score: direction from the score without b; breaks: down if the score was positive, seen where b turns the sign"
def worst_score(w, b, x, epsilon):
    score = x @ w + b
    return score - (x @ w).sign() * epsilon * w.abs().sum()


def smallest_epsilon(w, b, x):
    return (x @ w + b).abs() / w.abs().sum()


# %% wrong="worst_score: smallest_epsilon forgets b; breaks: brings each score to 0, the score is w x + b, seen with b = 0.5"
def worst_score(w, b, x, epsilon):
    score = x @ w + b
    return score - score.sign() * epsilon * w.abs().sum()


def smallest_epsilon(w, b, x):
    return (x @ w).abs() / w.abs().sum()


# %% wrong="worst_score: b outside the absolute value; breaks: the smallest epsilon that brings each score to 0, seen with a negative w x and b = 0.5"
def worst_score(w, b, x, epsilon):
    score = x @ w + b
    return score - score.sign() * epsilon * w.abs().sum()


def smallest_epsilon(w, b, x):
    return ((x @ w).abs() + b) / w.abs().sum()


# %% right="attack_normalised: to ink, attack there, and back"
def attack_normalised(net, x, y, epsilon, mean, std):
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    ink = x.detach() * std + mean
    ink = (ink + epsilon * grad.sign()).clamp(0, 1)
    return (ink - mean) / std


# %% right="attack_normalised: the limits as names, maximum and minimum of tensors"
def attack_normalised(net, x, y, epsilon, mean, std):
    paper, full = (0 - mean) / std, (1 - mean) / std
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    with torch.no_grad():
        attacked = x + epsilon / std * grad.sign()
        attacked = torch.minimum(torch.maximum(attacked, torch.full_like(x, paper)), torch.full_like(x, full))
    return attacked.clone()


# %% right="attack_normalised: the gradient by ink, the sum of the losses"
def attack_normalised(net, x, y, epsilon, mean, std):
    ink = (x.detach() * std + mean).requires_grad_()
    loss = F.cross_entropy(net((ink - mean) / std), y, reduction="sum")
    slope = torch.autograd.grad(loss, ink)[0]
    low, high = -mean / std, (1 - mean) / std
    return torch.add(x.detach(), slope.sign(), alpha=epsilon / std).clip(low, high)


# %% wrong="attack_normalised: no limits at all; breaks: ink stays between none and full, seen with epsilon 0.3 at paper"
def attack_normalised(net, x, y, epsilon, mean, std):
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    attacked = x + epsilon / std * grad.sign()
    return attacked.detach()


# %% wrong="attack_normalised: limits from the batch's own pixels; breaks: ink stays between none and full, seen with grey pictures that have neither"
def attack_normalised(net, x, y, epsilon, mean, std):
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    attacked = x + epsilon / std * grad.sign()
    return attacked.clamp(x.min().item(), x.max().item()).detach()


# %% wrong="attack_normalised: epsilon no longer divided by std; breaks: epsilon is meant in ink"
def attack_normalised(net, x, y, epsilon, mean, std):
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    attacked = x + epsilon * grad.sign()
    return attacked.clamp((0 - mean) / std, (1 - mean) / std).detach()


# %% wrong="attack_normalised: adds to x in place; breaks: it leaves x and y unchanged"
def attack_normalised(net, x, y, epsilon, mean, std):
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    attacked = x.add_(epsilon / std * grad.sign())
    return attacked.clamp((0 - mean) / std, (1 - mean) / std).detach()


# %% wrong="attack_normalised: attacks in ink with the step that was already for normalised pictures; breaks: no pixel's ink may move by more than epsilon"
def attack_normalised(net, x, y, epsilon, mean, std):
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(net(leaf), y), leaf)
    attacked = (x * std + mean + epsilon / std * grad.sign()).clamp(0, 1)
    return attacked.sub(mean).div(std).detach()
