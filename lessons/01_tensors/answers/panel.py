# Answers written from the released text alone: what `course audit` grades and counts apart. No student sees them.

# %% right="ask_and_make: attributes and rand shifted in place"
def facts(x: torch.Tensor) -> tuple:
    size_in_bytes = x.untyped_storage().nbytes() if x.numel() == 0 else x.numel() * x.element_size()
    return tuple(x.shape), str(x.dtype), x.device.type, x.shape[0], x.numel(), size_in_bytes


def make(height: int, width: int) -> tuple[torch.Tensor, ...]:
    size = (height, width)
    noise = torch.empty(size)
    noise.uniform_(-1, 1)
    coins = torch.randint(low=0, high=2, size=(height,)).to(torch.float32)
    return torch.zeros(size), torch.ones(size), torch.from_numpy(np.full(size, fill_value=0.5)), noise, coins


# %% right="ask_and_make: full and bernoulli, grey as float32"
def facts(x: torch.Tensor) -> tuple:
    return tuple(x.shape), repr(x.dtype), str(x.device), len(x), x.numel(), x.itemsize * x.numel()


def make(height: int, width: int) -> tuple[torch.Tensor, ...]:
    paper = torch.full((height, width), 0.0)
    ink = torch.ones_like(paper)
    grey = torch.from_numpy(np.full((height, width), 0.5, dtype=np.float32))
    noise = torch.empty_like(paper).uniform_(-1, 1)
    coins = torch.bernoulli(torch.full((height,), 0.5))
    return paper, ink, grey, noise, coins


# %% right="ask_and_make: distributions and numpy coins"
def facts(x: torch.Tensor) -> tuple:
    shape = tuple(int(n) for n in x.shape)
    return shape, str(x.dtype), x.device.type, shape[0], int(np.prod(shape)), int(np.prod(shape)) * x.element_size()


def make(height: int, width: int) -> tuple[torch.Tensor, ...]:
    noise = torch.distributions.Uniform(-1.0, 1.0).sample((height, width))
    coins = torch.from_numpy(np.random.default_rng().integers(0, 2, height)).float()
    grey = torch.from_numpy(np.full((height, width), 0.5))
    return torch.zeros(height, width), torch.ones(height, width), grey, noise, coins


# %% wrong="ask_and_make: shape without tuple, rows of the flattened tensor; breaks: how many rows"
def facts(x: torch.Tensor) -> tuple:
    """The shape as a tuple, the dtype's name, the device's kind, how many rows, how many numbers, how many bytes."""
    kind = str(x.dtype)
    where = x.device.type
    rows = x.flatten().size(0)
    numbers = x.numel()
    return tuple(x.shape), kind, where, rows, numbers, numbers * x.element_size()


def make(height: int, width: int) -> tuple[torch.Tensor, ...]:
    """Paper, ink, grey, noise and coins, as the text above says."""
    paper, ink = torch.zeros(height, width), torch.ones(height, width)
    grey = torch.from_numpy(np.full((height, width), 0.5))
    noise = torch.empty(height, width).uniform_(-1, 1)
    coins = torch.randint(0, 2, (height,)).float()
    return paper, ink, grey, noise, coins


# %% wrong="ask_and_make: bits instead of bytes; breaks: how many bytes"
def facts(x: torch.Tensor) -> tuple:
    """The shape as a tuple, the dtype's name, the device's kind, how many rows, how many numbers, how many bytes."""
    kind = str(x.dtype)
    where = x.device.type
    rows = x.size(0)
    numbers = x.numel()
    return tuple(x.shape), kind, where, rows, numbers, numbers * x.element_size() * 8


def make(height: int, width: int) -> tuple[torch.Tensor, ...]:
    """Paper, ink, grey, noise and coins, as the text above says."""
    paper, ink = torch.zeros(height, width), torch.ones(height, width)
    grey = torch.from_numpy(np.full((height, width), 0.5))
    noise = torch.empty(height, width).uniform_(-1, 1)
    coins = torch.randint(0, 2, (height,)).float()
    return paper, ink, grey, noise, coins


# %% wrong="ask_and_make: grey by zeros plus 0.05; breaks: holds 0.5 everywhere"
def facts(x: torch.Tensor) -> tuple:
    """The shape as a tuple, the dtype's name, the device's kind, how many rows, how many numbers, how many bytes."""
    kind = str(x.dtype)
    where = x.device.type
    rows = x.size(0)
    numbers = x.numel()
    return tuple(x.shape), kind, where, rows, numbers, numbers * x.element_size()


def make(height: int, width: int) -> tuple[torch.Tensor, ...]:
    """Paper, ink, grey, noise and coins, as the text above says."""
    paper, ink = torch.zeros(height, width), torch.ones(height, width)
    grey = torch.from_numpy(np.full((height, width), 0.05))
    noise = torch.empty(height, width).uniform_(-1, 1)
    coins = torch.randint(0, 2, (height,)).float()
    return paper, ink, grey, noise, coins


# %% wrong="ask_and_make: width coins; breaks: coins, (height,)"
def facts(x: torch.Tensor) -> tuple:
    """The shape as a tuple, the dtype's name, the device's kind, how many rows, how many numbers, how many bytes."""
    kind = str(x.dtype)
    where = x.device.type
    rows = x.size(0)
    numbers = x.numel()
    return tuple(x.shape), kind, where, rows, numbers, numbers * x.element_size()


def make(height: int, width: int) -> tuple[torch.Tensor, ...]:
    """Paper, ink, grey, noise and coins, as the text above says."""
    paper, ink = torch.zeros(height, width), torch.ones(height, width)
    grey = torch.from_numpy(np.full((height, width), 0.5))
    noise = torch.empty(height, width).uniform_(-1, 1)
    coins = torch.randint(0, 2, (width,)).float()
    return paper, ink, grey, noise, coins


# %% wrong="ask_and_make: coins of -1 and 1; breaks: each of which is 0 or 1"
def facts(x: torch.Tensor) -> tuple:
    """The shape as a tuple, the dtype's name, the device's kind, how many rows, how many numbers, how many bytes."""
    kind = str(x.dtype)
    where = x.device.type
    rows = x.size(0)
    numbers = x.numel()
    return tuple(x.shape), kind, where, rows, numbers, numbers * x.element_size()


def make(height: int, width: int) -> tuple[torch.Tensor, ...]:
    """Paper, ink, grey, noise and coins, as the text above says."""
    paper, ink = torch.zeros(height, width), torch.ones(height, width)
    grey = torch.from_numpy(np.full((height, width), 0.5))
    noise = torch.empty(height, width).uniform_(-1, 1)
    coins = torch.randint(0, 2, (height,)).float() * 2 - 1
    return paper, ink, grey, noise, coins


# %% wrong="ask_and_make: noise from -0.5 to 0.5; breaks: uniformly between -1 and 1"
def facts(x: torch.Tensor) -> tuple:
    """The shape as a tuple, the dtype's name, the device's kind, how many rows, how many numbers, how many bytes."""
    kind = str(x.dtype)
    where = x.device.type
    rows = x.size(0)
    numbers = x.numel()
    return tuple(x.shape), kind, where, rows, numbers, numbers * x.element_size()


def make(height: int, width: int) -> tuple[torch.Tensor, ...]:
    """Paper, ink, grey, noise and coins, as the text above says."""
    paper, ink = torch.zeros(height, width), torch.ones(height, width)
    grey = torch.from_numpy(np.full((height, width), 0.5))
    noise = torch.empty(height, width).uniform_(-0.5, 0.5)
    coins = torch.randint(0, 2, (height,)).float()
    return paper, ink, grey, noise, coins


# %% right="window: pad, with room for everything"
def window(picture: torch.Tensor, top: int, left: int, height: int, width: int) -> torch.Tensor:
    rows, columns = picture.shape
    if top >= rows or left >= columns or top + height <= 0 or left + width <= 0:
        return torch.zeros(height, width, dtype=picture.dtype)
    return torch.nn.functional.pad(picture, (-left, left + width - columns, -top, top + height - rows))


# %% right="window: sets of rows and columns that exist"
def window(picture: torch.Tensor, top: int, left: int, height: int, width: int) -> torch.Tensor:
    out = torch.zeros((height, width), dtype=picture.dtype)
    rows = [r for r in range(height) if 0 <= r + top < picture.shape[0]]
    cols = [c for c in range(width) if 0 <= c + left < picture.shape[1]]
    for r in rows:
        for c in cols:
            out[r, c] = picture[r + top, c + left]
    return out


# %% right="window: two selection matrices"
def window(picture: torch.Tensor, top: int, left: int, height: int, width: int) -> torch.Tensor:
    rows = torch.arange(top, top + height)[:, None] == torch.arange(picture.shape[0])
    columns = torch.arange(left, left + width)[:, None] == torch.arange(picture.shape[1])
    return rows.to(picture.dtype) @ picture @ columns.to(picture.dtype).T


# %% wrong="window: clips the window to the picture; breaks: a window of size (height, width)"
def window(picture: torch.Tensor, top: int, left: int, height: int, width: int) -> torch.Tensor:
    return picture[max(top, 0) : max(top + height, 0), max(left, 0) : max(left + width, 0)].clone()


# %% wrong="window: moves the window inside; breaks: whatever is outside is blank paper"
def window(picture: torch.Tensor, top: int, left: int, height: int, width: int) -> torch.Tensor:
    top = min(max(top, 0), max(picture.shape[0] - height, 0))
    left = min(max(left, 0), max(picture.shape[1] - width, 0))
    out = torch.zeros(height, width, dtype=picture.dtype)
    part = picture[top : top + height, left : left + width]
    out[: part.shape[0], : part.shape[1]] = part
    return out


# %% wrong="window: handles top and left, not bottom and right; breaks: these may be large"
def window(picture: torch.Tensor, top: int, left: int, height: int, width: int) -> torch.Tensor:
    out = torch.zeros(height, width, dtype=picture.dtype)
    r0, c0 = max(top, 0), max(left, 0)
    out[r0 - top :, c0 - left :] = picture[r0 : top + height, c0 : left + width]
    return out


# %% wrong="window: paper is 1; breaks: blank paper, 0"
def window(picture: torch.Tensor, top: int, left: int, height: int, width: int) -> torch.Tensor:
    """What a window (height, width) at (top, left) shows of a picture; paper (0) where there is no picture."""
    seen = picture.new_ones(height, width)
    first_row, last_row = max(top, 0), min(top + height, picture.shape[0])
    first_column, last_column = max(left, 0), min(left + width, picture.shape[1])
    if first_row < last_row and first_column < last_column:
        rows, columns = slice(first_row, last_row), slice(first_column, last_column)
        seen[first_row - top : last_row - top, first_column - left : last_column - left] = picture[rows, columns]
    return seen


# %% wrong="window: an error for a window that misses; breaks: shows nothing but paper then"
def window(picture: torch.Tensor, top: int, left: int, height: int, width: int) -> torch.Tensor:
    """What a window (height, width) at (top, left) shows of a picture; paper (0) where there is no picture."""
    seen = picture.new_zeros(height, width)
    first_row, last_row = max(top, 0), min(top + height, picture.shape[0])
    first_column, last_column = max(left, 0), min(left + width, picture.shape[1])
    if first_row < last_row and first_column < last_column:
        rows, columns = slice(first_row, last_row), slice(first_column, last_column)
        seen[first_row - top : last_row - top, first_column - left : last_column - left] = picture[rows, columns]
    if first_row >= last_row or first_column >= last_column:
        raise ValueError
    return seen


# %% wrong="window: rolls the picture; breaks: outside is blank paper"
def window(picture: torch.Tensor, top: int, left: int, height: int, width: int) -> torch.Tensor:
    big = torch.zeros(max(height, picture.shape[0]), max(width, picture.shape[1]), dtype=picture.dtype)
    big[: picture.shape[0], : picture.shape[1]] = picture
    return big.roll((-top, -left), (0, 1))[:height, :width]


# %% right="stamp: where"
def stamp(sheet: torch.Tensor, picture: torch.Tensor, top: int, left: int) -> None:
    h, w = picture.shape
    old = sheet[top : top + h, left : left + w]
    sheet[top : top + h, left : left + w] = torch.where(picture > old, picture, old)


# %% right="stamp: mask in place"
def stamp(sheet: torch.Tensor, picture: torch.Tensor, top: int, left: int) -> None:
    h, w = picture.shape
    region = sheet[top : top + h, left : left + w]
    darker = picture > region
    region[darker] = picture[darker]


# %% right="stamp: clamp from below by the picture"
def stamp(sheet: torch.Tensor, picture: torch.Tensor, top: int, left: int) -> None:
    sheet[top : top + picture.size(0), left : left + picture.size(1)].clamp_(min=picture)


# %% wrong="stamp: mean of both; breaks: the darker of the two stays"
def stamp(sheet: torch.Tensor, picture: torch.Tensor, top: int, left: int) -> None:
    """Print a picture (height, width) onto the sheet, in place; the darker ink of the two stays."""
    height, width = picture.shape
    place = sheet[top : top + height, left : left + width]
    place.copy_((place + picture) / 2)


# %% wrong="stamp: returns the new sheet only; breaks: in place"
def stamp(sheet: torch.Tensor, picture: torch.Tensor, top: int, left: int) -> None:
    new = sheet.clone()
    h, w = picture.shape
    new[top : top + h, left : left + w] = torch.maximum(new[top : top + h, left : left + w], picture)
    return new


# %% wrong="stamp: picked by lists, so a copy; breaks: in place"
def stamp(sheet: torch.Tensor, picture: torch.Tensor, top: int, left: int) -> None:
    rows = torch.arange(top, top + picture.shape[0])[:, None]
    columns = torch.arange(left, left + picture.shape[1])
    part = sheet[rows, columns]
    part.copy_(torch.maximum(part, picture))


# %% wrong="stamp: written where the paper is blank only; breaks: the darker of the two"
def stamp(sheet: torch.Tensor, picture: torch.Tensor, top: int, left: int) -> None:
    """Print a picture (height, width) onto the sheet, in place; the darker ink of the two stays."""
    height, width = picture.shape
    place = sheet[top : top + height, left : left + width]
    place.copy_(torch.where(place == 0, picture, place))


# %% wrong="stamp: square pictures only; breaks: a picture (height, width)"
def stamp(sheet: torch.Tensor, picture: torch.Tensor, top: int, left: int) -> None:
    """Print a picture (height, width) onto the sheet, in place; the darker ink of the two stays."""
    height = width = min(picture.shape)
    place = sheet[top : top + height, left : left + width]
    place.copy_(torch.maximum(place, picture[:height, :width]))


# %% right="stretch: aminmax over the flattened end"
def stretch(pictures: torch.Tensor) -> torch.Tensor:
    flat = pictures.reshape(*pictures.shape[:-2], -1)
    low, high = torch.aminmax(flat, dim=-1, keepdim=True)
    span = high - low
    result = torch.zeros_like(flat)
    mask = (span > 0).expand_as(flat)
    result[mask] = ((flat - low) / span)[mask]
    return result.reshape(pictures.shape)


# %% right="stretch: nan_to_num"
def stretch(pictures: torch.Tensor) -> torch.Tensor:
    low = pictures.amin((-2, -1), True)
    high = pictures.amax((-2, -1), True)
    return torch.nan_to_num((pictures - low) / (high - low), nan=0.0)


# %% right="stretch: divides by one where flat"
def stretch(pictures: torch.Tensor) -> torch.Tensor:
    shifted = pictures - pictures.amin(dim=(-2, -1))[..., None, None]
    largest = shifted.amax(dim=(-2, -1))[..., None, None]
    return shifted / (largest + (largest == 0))


# %% wrong="stretch: ones for flat pictures; breaks: becomes 0 everywhere"
def stretch(pictures: torch.Tensor) -> torch.Tensor:
    """Each picture (..., height, width) with its lightest pixel at 0 and its darkest at 1; flat ones all 0."""
    low = pictures.amin(dim=(-2, -1), keepdim=True)
    span = pictures.amax(dim=(-2, -1), keepdim=True) - low
    return torch.where(span == 0, torch.ones_like(pictures), (pictures - low) / span)


# %% wrong="stretch: lightest and darkest exchanged; breaks: darkest becomes 1"
def stretch(pictures: torch.Tensor) -> torch.Tensor:
    """Each picture (..., height, width) with its lightest pixel at 0 and its darkest at 1; flat ones all 0."""
    low = pictures.amin(dim=(-2, -1), keepdim=True)
    span = pictures.amax(dim=(-2, -1), keepdim=True) - low
    return (low + span - pictures) / torch.where(span == 0, torch.ones_like(span), span)


# %% wrong="stretch: divides by the largest in place of the span; breaks: its darkest becomes 1"
def stretch(pictures: torch.Tensor) -> torch.Tensor:
    """Each picture (..., height, width) with its lightest pixel at 0 and its darkest at 1; flat ones all 0."""
    low = pictures.amin(dim=(-2, -1), keepdim=True)
    span = pictures.amax(dim=(-2, -1), keepdim=True) - low
    return (pictures - low) / torch.where(span == 0, torch.ones_like(span), span + low)


# %% wrong="stretch: mean and std; breaks: lightest 0, darkest 1"
def stretch(pictures: torch.Tensor) -> torch.Tensor:
    mean, std = pictures.mean((-2, -1), keepdim=True), pictures.std((-2, -1), keepdim=True)
    return torch.where(std == 0, torch.zeros_like(pictures), (pictures - mean) / std)


# %% wrong="stretch: all but the first axis; breaks: in front there may be any number of others"
def stretch(pictures: torch.Tensor) -> torch.Tensor:
    axes = tuple(range(1, pictures.ndim)) if pictures.ndim > 2 else (0, 1)
    low, high = pictures.amin(axes, keepdim=True), pictures.amax(axes, keepdim=True)
    return (pictures - low) / (high - low).masked_fill(high == low, 1)


# %% right="broadcast_shape: lists padded with insert"
def broadcast_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    a, b = list(a), list(b)
    while len(a) < len(b):
        a.insert(0, 1)
    while len(b) < len(a):
        b.insert(0, 1)
    out = []
    for i in range(len(a)):
        if a[i] == b[i]:
            out.append(a[i])
        elif a[i] == 1:
            out.append(b[i])
        elif b[i] == 1:
            out.append(a[i])
        else:
            raise ValueError("shapes do not match")
    return tuple(out)


# %% right="broadcast_shape: match statement"
def broadcast_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    def meet(one, other):
        match (one, other):
            case (1, length) | (length, 1):
                return length
            case _ if one == other:
                return one
        raise ValueError(f"{one} against {other}")

    n = max(len(a), len(b))
    pad = lambda shape: (1,) * (n - len(shape)) + tuple(shape)
    return tuple(map(meet, pad(a), pad(b)))


# %% right="broadcast_shape: slices from the end, front part copied"
def broadcast_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    if len(a) < len(b):
        a, b = b, a
    front, back = a[: len(a) - len(b)], a[len(a) - len(b) :]
    result = list(front)
    for x, y in zip(back, b, strict=True):
        if x != y and x != 1 and y != 1:
            raise ValueError
        result.append(y if x == 1 else x)
    return tuple(result)


# %% wrong="broadcast_shape: needs the same number of axes; breaks: nothing is said about which is longer"
def broadcast_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """The shape that broadcasting makes of two shapes; ValueError when they do not go together."""
    axes = max(len(a), len(b))
    if len(a) != len(b):
        raise ValueError((a, b))
    a, b = (1,) * (axes - len(a)) + tuple(a), (1,) * (axes - len(b)) + tuple(b)
    for one, other in zip(a, b, strict=True):
        if one != other and 1 not in (one, other):
            raise ValueError(f"{a} and {b} do not go together")
    return tuple(other if one == 1 else one for one, other in zip(a, b, strict=True))


# %% wrong="broadcast_shape: an axis of 0 counts as missing; breaks: rule 2 holds for 0 like for any other"
def broadcast_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """The shape that broadcasting makes of two shapes; ValueError when they do not go together."""
    axes = max(len(a), len(b))
    a, b = (1,) * (axes - len(a)) + tuple(a), (1,) * (axes - len(b)) + tuple(b)
    for one, other in zip(a, b, strict=True):
        if one != other and not {0, 1} & {one, other}:
            raise ValueError(f"{a} and {b} do not go together")
    return tuple(max(one, other) for one, other in zip(a, b, strict=True))


# %% right="broadcast_shape: a list in place of a tuple"
def broadcast_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """The shape that broadcasting makes of two shapes; ValueError when they do not go together."""
    axes = max(len(a), len(b))
    a, b = (1,) * (axes - len(a)) + tuple(a), (1,) * (axes - len(b)) + tuple(b)
    for one, other in zip(a, b, strict=True):
        if one != other and 1 not in (one, other):
            raise ValueError(f"{a} and {b} do not go together")
    return [other if one == 1 else one for one, other in zip(a, b, strict=True)]


# %% wrong="broadcast_shape: looks at the last axis only; breaks: in every column"
def broadcast_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """The shape that broadcasting makes of two shapes; ValueError when they do not go together."""
    axes = max(len(a), len(b))
    a, b = (1,) * (axes - len(a)) + tuple(a), (1,) * (axes - len(b)) + tuple(b)
    for one, other in zip(a[-1:], b[-1:], strict=True):
        if one != other and 1 not in (one, other):
            raise ValueError(f"{a} and {b} do not go together")
    return tuple(other if one == 1 else one for one, other in zip(a, b, strict=True))


# %% wrong="broadcast_shape: returns None when they do not go together; breaks: a ValueError"
def broadcast_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    axes = max(len(a), len(b))
    a, b = (1,) * (axes - len(a)) + tuple(a), (1,) * (axes - len(b)) + tuple(b)
    if any(x != y and x != 1 and y != 1 for x, y in zip(a, b, strict=True)):
        return None
    return tuple(y if x == 1 else x for x, y in zip(a, b, strict=True))


# %% wrong="broadcast_shape: only ones of the first shape stretch; breaks: or one of them 1"
def broadcast_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """The shape that broadcasting makes of two shapes; ValueError when they do not go together."""
    axes = max(len(a), len(b))
    a, b = (1,) * (axes - len(a)) + tuple(a), (1,) * (axes - len(b)) + tuple(b)
    for one, other in zip(a, b, strict=True):
        if one not in (1, other):
            raise ValueError(f"{a} and {b} do not go together")
    return tuple(other if one == 1 else one for one, other in zip(a, b, strict=True))


# %% right="seven_shapes: views and einops"
def seven_shapes(x: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, ...]:
    from einops import rearrange

    rows = rearrange(x, "n c h w -> n (c h w)")
    planes = rearrange(x, "n c h w -> (n c) h w")
    last = rearrange(x, "n c h w -> n h w c")
    return (
        rows,
        planes,
        last,
        a.view(-1, 1) + b.view(1, -1),
        torch.cat((a, b), 0),
        torch.stack((a, a.flip(0)), 0),
        x[:, 0:1].squeeze(1),
    )


# %% right="seven_shapes: moveaxis, add.outer and narrow"
def seven_shapes(x: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, ...]:
    rows = torch.flatten(x, start_dim=1)
    planes = torch.flatten(x, end_dim=1)
    last = torch.moveaxis(x, 1, 3)
    sums = a.reshape(-1, 1).expand(-1, len(b)) + b
    pair = torch.stack([a, a[torch.arange(len(a) - 1, -1, -1)]])
    return rows, planes, last, sums, torch.cat([a, b], dim=-1), pair, x.narrow(1, 0, 1).squeeze(1)


# %% right="seven_shapes: select, broadcasting only one of the two"
def seven_shapes(x: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, ...]:
    n = x.shape[0]
    return (
        x.reshape(n, x[0].numel()),
        x.reshape(-1, *x.shape[2:]),
        x.movedim((2, 3), (1, 2)),
        a.unsqueeze(-1) + b,
        torch.cat([a, b]),
        torch.stack([a, torch.flipud(a)]),
        x.select(1, 0),
    )


# %% wrong="seven_shapes: b before a; breaks: first a, then b"
def seven_shapes(x: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors rows, planes, last, sums, both, pair and back, as the text above says."""
    rows = x.flatten(1)
    planes = x.flatten(0, 1)
    last = x.movedim(1, -1)
    sums = a.unsqueeze(1) + b.unsqueeze(0)
    both = torch.cat([b, a])
    pair = torch.stack([a, a.flip(0)])
    back = x[:, :1].squeeze(1)
    return rows, planes, last, sums, both, pair, back


# %% wrong="seven_shapes: pair as columns; breaks: (2, n)"
def seven_shapes(x: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors rows, planes, last, sums, both, pair and back, as the text above says."""
    rows = x.flatten(1)
    planes = x.flatten(0, 1)
    last = x.movedim(1, -1)
    sums = a.unsqueeze(1) + b.unsqueeze(0)
    both = torch.cat([a, b])
    pair = torch.stack([a, a.flip(0)], dim=1)
    back = x[:, :1].squeeze(1)
    return rows, planes, last, sums, both, pair, back


# %% wrong="seven_shapes: keeps the axis of length 1; breaks: and that axis removed"
def seven_shapes(x: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors rows, planes, last, sums, both, pair and back, as the text above says."""
    rows = x.flatten(1)
    planes = x.flatten(0, 1)
    last = x.movedim(1, -1)
    sums = a.unsqueeze(1) + b.unsqueeze(0)
    both = torch.cat([a, b])
    pair = torch.stack([a, a.flip(0)])
    back = x[:, :1].squeeze(1).unsqueeze(1)
    return rows, planes, last, sums, both, pair, back


# %% wrong="seven_shapes: products; breaks: entry (i, j) is a[i] + b[j]"
def seven_shapes(x: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors rows, planes, last, sums, both, pair and back, as the text above says."""
    rows = x.flatten(1)
    planes = x.flatten(0, 1)
    last = x.movedim(1, -1)
    sums = a.unsqueeze(1) * b.unsqueeze(0)
    both = torch.cat([a, b])
    pair = torch.stack([a, a.flip(0)])
    back = x[:, :1].squeeze(1)
    return rows, planes, last, sums, both, pair, back


# %% wrong="seven_shapes: width before height in last; breaks: (n, height, width, channels)"
def seven_shapes(x: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors rows, planes, last, sums, both, pair and back, as the text above says."""
    rows = x.flatten(1)
    planes = x.flatten(0, 1)
    last = x.permute(0, 3, 2, 1)
    sums = a.unsqueeze(1) + b.unsqueeze(0)
    both = torch.cat([a, b])
    pair = torch.stack([a, a.flip(0)])
    back = x[:, :1].squeeze(1)
    return rows, planes, last, sums, both, pair, back


# %% wrong="seven_shapes: flattens channels into width; breaks: a row for each picture"
def seven_shapes(x: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors rows, planes, last, sums, both, pair and back, as the text above says."""
    rows = x.flatten(2)
    planes = x.flatten(0, 1)
    last = x.movedim(1, -1)
    sums = a.unsqueeze(1) + b.unsqueeze(0)
    both = torch.cat([a, b])
    pair = torch.stack([a, a.flip(0)])
    back = x[:, :1].squeeze(1)
    return rows, planes, last, sums, both, pair, back


# %% right="mosaic: rows by cat, blank pictures appended"
def mosaic(pictures: torch.Tensor, columns: int) -> torch.Tensor:
    pictures = list(pictures)
    while len(pictures) % columns:
        pictures.append(torch.zeros_like(pictures[0]))
    rows = [torch.cat(pictures[i : i + columns], dim=1) for i in range(0, len(pictures), columns)]
    return torch.cat(rows, dim=0)


# %% right="mosaic: transpose in place of permute"
def mosaic(pictures: torch.Tensor, columns: int) -> torch.Tensor:
    n, h, w = pictures.shape
    rows = (n - 1) // columns + 1
    full = torch.zeros((rows * columns, h, w), dtype=pictures.dtype)
    full[:n] = pictures
    return full.view(rows, columns, h, w).transpose(1, 2).reshape(rows * h, columns * w)


# %% right="mosaic: index arithmetic for every pixel"
def mosaic(pictures: torch.Tensor, columns: int) -> torch.Tensor:
    import math

    n, h, w = pictures.shape
    rows = math.ceil(n / columns)
    y, x = torch.arange(rows * h)[:, None], torch.arange(columns * w)[None]
    which = y // h * columns + x // w
    values = pictures[which.clamp(max=n - 1), (y % h).expand_as(which), (x % w).expand_as(which)]
    return values * (which < n)


# %% wrong="mosaic: no blank places; breaks: remaining places are blank paper"
def mosaic(pictures: torch.Tensor, columns: int) -> torch.Tensor:
    """One sheet of n pictures (n, height, width), so many in each row, blank (0) where they do not fill the last row."""
    n, height, width = pictures.shape
    rows = -(-n // columns)
    blank = pictures[: rows * columns - n]
    table = torch.cat([pictures, blank]).reshape(rows, columns, height, width)
    return table.permute(0, 2, 1, 3).reshape(rows * height, columns * width)


# %% wrong="mosaic: columns taken as rows; breaks: so many in each row"
def mosaic(pictures: torch.Tensor, columns: int) -> torch.Tensor:
    """One sheet of n pictures (n, height, width), so many in each row, blank (0) where they do not fill the last row."""
    n, height, width = pictures.shape
    rows, columns = columns, -(-n // columns)
    blank = pictures.new_zeros(rows * columns - n, height, width)
    table = torch.cat([pictures, blank]).reshape(rows, columns, height, width)
    return table.permute(0, 2, 1, 3).reshape(rows * height, columns * width)


# %% wrong="mosaic: lines interleaved; breaks: the second to the right of the first"
def mosaic(pictures: torch.Tensor, columns: int) -> torch.Tensor:
    """One sheet of n pictures (n, height, width), so many in each row, blank (0) where they do not fill the last row."""
    n, height, width = pictures.shape
    rows = -(-n // columns)
    blank = pictures.new_zeros(rows * columns - n, height, width)
    table = torch.cat([pictures, blank]).reshape(rows, columns, height, width)
    return table.permute(2, 0, 1, 3).reshape(rows * height, columns * width)


# %% wrong="mosaic: columns interleaved; breaks: the second to the right of the first"
def mosaic(pictures: torch.Tensor, columns: int) -> torch.Tensor:
    """One sheet of n pictures (n, height, width), so many in each row, blank (0) where they do not fill the last row."""
    n, height, width = pictures.shape
    rows = -(-n // columns)
    blank = pictures.new_zeros(rows * columns - n, height, width)
    table = torch.cat([pictures, blank]).reshape(rows, columns, height, width)
    return table.permute(0, 2, 3, 1).reshape(rows * height, columns * width)


# %% wrong="mosaic: stacked below each other; breaks: so many in each row"
def mosaic(pictures: torch.Tensor, columns: int) -> torch.Tensor:
    return torch.cat(list(pictures), dim=0)


# %% wrong="mosaic: one picture fewer in the last row; breaks: n pictures"
def mosaic(pictures: torch.Tensor, columns: int) -> torch.Tensor:
    """One sheet of n pictures (n, height, width), so many in each row, blank (0) where they do not fill the last row."""
    n, height, width = pictures.shape
    rows = -(-n // columns)
    blank = pictures.new_zeros(rows * columns - n, height, width)
    table = torch.cat([pictures * (torch.arange(n) < max(n - 1, 1))[:, None, None], blank]).reshape(
        rows, columns, height, width
    )
    return table.permute(0, 2, 1, 3).reshape(rows * height, columns * width)


# %% right="one_hot: scatter out of place; isclose"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    zeros = torch.zeros((labels.shape[0], classes))
    return zeros.scatter(1, labels[:, None], 1.0)


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    try:
        torch.testing.assert_close(actual=actual, expected=expected)
    except AssertionError:
        return False
    else:
        return True


# %% right="one_hot: a loop over the labels"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    out = torch.zeros(len(labels), classes)
    for i, label in enumerate(labels):
        out[i, int(label)] = 1
    return out


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    answer = True
    try:
        torch.testing.assert_close(actual, expected)
    except AssertionError:
        answer = False
    return answer


# %% right="one_hot: scatter_ with a tensor of ones"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    index = labels.view(-1, 1)
    return torch.zeros(index.size(0), classes).scatter_(1, index, torch.ones(index.size(0), 1))


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    return actual.shape == expected.shape and bool(torch.isclose(actual, expected).all())


# %% wrong="one_hot: transposed; breaks: rows (n, classes)"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Rows (n, classes) of zeros with a 1.0 at each label; labels (n,) are whole numbers below `classes`."""
    rows = torch.zeros(len(labels), classes)
    index = labels.unsqueeze(1)
    return rows.scatter_(dim=1, index=index, value=1.0).T


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    """Whether two tensors hold the same numbers, up to rounding."""
    try:
        torch.testing.assert_close(actual, expected)
    except AssertionError:
        return False
    return True


# %% wrong="one_hot: everything but the label; breaks: zeros with a 1 at each label"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Rows (n, classes) of zeros with a 1.0 at each label; labels (n,) are whole numbers below `classes`."""
    rows = torch.zeros(len(labels), classes)
    index = labels.unsqueeze(1)
    return 1 - rows.scatter_(dim=1, index=index, value=1.0)


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    """Whether two tensors hold the same numbers, up to rounding."""
    try:
        torch.testing.assert_close(actual, expected)
    except AssertionError:
        return False
    return True


# %% wrong="one_hot: ones up to the label; breaks: a row of zeros with a single 1"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    return (torch.arange(classes) <= labels[:, None]).float()


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    """Whether two tensors hold the same numbers, up to rounding."""
    try:
        torch.testing.assert_close(actual, expected)
    except AssertionError:
        return False
    return True


# %% wrong="one_hot: raises instead of answering; breaks: True or False"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    return torch.zeros(len(labels), classes).scatter_(1, labels.unsqueeze(1), 1.0)


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    torch.testing.assert_close(actual, expected)
    return True


# %% wrong="one_hot: bools; breaks: the rows are floats"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Rows (n, classes) of zeros with a 1.0 at each label; labels (n,) are whole numbers below `classes`."""
    rows = torch.zeros(len(labels), classes)
    index = labels.unsqueeze(1)
    return rows.scatter_(dim=1, index=index, value=1.0).bool()


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    """Whether two tensors hold the same numbers, up to rounding."""
    try:
        torch.testing.assert_close(actual, expected)
    except AssertionError:
        return False
    return True


# %% wrong="one_hot: a coarse tolerance; breaks: up to rounding"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Rows (n, classes) of zeros with a 1.0 at each label; labels (n,) are whole numbers below `classes`."""
    rows = torch.zeros(len(labels), classes)
    index = labels.unsqueeze(1)
    return rows.scatter_(dim=1, index=index, value=1.0)


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    """Whether two tensors hold the same numbers, up to rounding."""
    try:
        torch.testing.assert_close(actual, expected, rtol=0, atol=0.1)
    except AssertionError:
        return False
    return True


# %% right="margins: sorted rows"
def margins(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    right = scores.gather(1, labels.unsqueeze(1)).squeeze(1)
    top = scores.sort(dim=1, descending=True)
    second = top.values[:, 1]
    first = top.values[:, 0]
    return torch.where(top.indices[:, 0] == labels, right - second, right - first)


# %% right="margins: a clone written into"
def margins(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    rows = torch.arange(len(labels))
    others = scores.clone()
    others[rows, labels] = float("-inf")
    return scores[rows, labels] - others.max(1)[0]


# %% right="margins: one-hot times infinity"
def margins(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    hot = torch.nn.functional.one_hot(labels, scores.shape[1]).bool()
    right = scores[hot]
    others = scores[~hot].reshape(len(labels), -1)
    return right - others.amax(dim=1)


# %% wrong="margins: argmax compared; breaks: the margin, a score difference"
def margins(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return (scores.argmax(dim=1) == labels).to(scores.dtype) + 0 * scores.sum(dim=1)


# %% wrong="margins: mean of the others; breaks: the best score among the others"
def margins(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    right = scores.gather(1, labels[:, None]).squeeze(1)
    return right - (scores.sum(dim=1) - right) / (scores.shape[1] - 1)


# %% wrong="margins: absolute; breaks: positive exactly when the answer is right"
def margins(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """For each row, the score of its label minus the best other score: (n, classes) and (n,) in, (n,) out."""
    index = labels.unsqueeze(1)
    right = scores.gather(1, index).squeeze(1)
    others = scores.scatter(1, index, float("-inf"))
    return (right - others.amax(dim=1)).abs()


# %% wrong="margins: a column; breaks: (n,) out"
def margins(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """For each row, the score of its label minus the best other score: (n, classes) and (n,) in, (n,) out."""
    index = labels.unsqueeze(1)
    right = scores.gather(1, index).squeeze(1)
    others = scores.scatter(1, index, float("-inf"))
    return (right - others.amax(dim=1)).unsqueeze(1)


# %% wrong="margins: subtracts a fixed hundred from the right one; breaks: best among the others for any scores"
def margins(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """For each row, the score of its label minus the best other score: (n, classes) and (n,) in, (n,) out."""
    index = labels.unsqueeze(1)
    right = scores.gather(1, index).squeeze(1)
    others = scores - 100 * torch.nn.functional.one_hot(labels, scores.shape[1])
    return right - others.amax(dim=1)


# %% right="confusion: unique pairs"
def confusion(truth: torch.Tensor, answers: torch.Tensor, classes: int) -> torch.Tensor:
    table = torch.zeros(classes * classes, dtype=torch.long)
    values, counts = torch.unique(truth * classes + answers, return_counts=True)
    table[values] = counts
    return table.view(classes, classes)


# %% right="confusion: scatter_add_"
def confusion(truth: torch.Tensor, answers: torch.Tensor, classes: int) -> torch.Tensor:
    pairs = truth * classes + answers
    flat = torch.zeros(classes**2, dtype=torch.int64).scatter_add_(0, pairs, torch.ones_like(pairs))
    return flat.reshape(classes, classes)


# %% right="confusion: cell by cell"
def confusion(truth: torch.Tensor, answers: torch.Tensor, classes: int) -> torch.Tensor:
    return torch.tensor([[int(((truth == t) & (answers == a)).sum()) for a in range(classes)] for t in range(classes)])


# %% wrong="confusion: only the right answers; breaks: how many of the true class got the answer a"
def confusion(truth: torch.Tensor, answers: torch.Tensor, classes: int) -> torch.Tensor:
    return torch.diag(torch.bincount(truth[truth == answers], minlength=classes))


# %% wrong="confusion: sized by the largest answer; breaks: a table (classes, classes)"
def confusion(truth: torch.Tensor, answers: torch.Tensor, classes: int) -> torch.Tensor:
    size = int(max(truth.max(), answers.max())) + 1 if len(truth) else 0
    return torch.bincount(truth * size + answers, minlength=size * size).reshape(size, size)


# %% wrong="confusion: outer product of the two counts; breaks: pairs"
def confusion(truth: torch.Tensor, answers: torch.Tensor, classes: int) -> torch.Tensor:
    return torch.outer(torch.bincount(truth, minlength=classes), torch.bincount(answers, minlength=classes))


# %% wrong="confusion: rows sum to one; breaks: whole numbers"
def confusion(truth: torch.Tensor, answers: torch.Tensor, classes: int) -> torch.Tensor:
    """How often each true class (row) got each answer (column): two (n,) of whole numbers in, (classes, classes) out."""
    pairs = classes * truth + answers
    table = torch.bincount(pairs, minlength=classes**2).reshape(classes, classes)
    return table / table.sum(dim=1, keepdim=True).clamp(min=1)


# %% wrong="confusion: symmetric; breaks: row t, column a"
def confusion(truth: torch.Tensor, answers: torch.Tensor, classes: int) -> torch.Tensor:
    """How often each true class (row) got each answer (column): two (n,) of whole numbers in, (classes, classes) out."""
    pairs = classes * truth + answers
    table = torch.bincount(pairs, minlength=classes**2).reshape(classes, classes)
    return table + table.T


# %% right="two_tables: value by value, column means from pandas"
def two_tables(train: str, test: str) -> tuple[torch.Tensor, torch.Tensor]:
    a = pd.read_csv(io.StringIO(train)).drop(columns="price")
    b = pd.read_csv(io.StringIO(test)).drop(columns="price")
    words = sorted(a["kind"].dropna().unique().tolist())
    result = []
    for frame in (a, b):
        part = pd.DataFrame()
        part["gears"] = frame["gears"].fillna(a["gears"].mean())
        part["weight"] = frame["weight"].fillna(a["weight"].mean())
        for word in words:
            part["is " + word] = (frame["kind"] == word).astype(float)
        result.append(torch.tensor(part.values, dtype=torch.float32))
    return tuple(result)


# %% right="two_tables: categories of the training table"
def two_tables(train: str, test: str) -> tuple[torch.Tensor, torch.Tensor]:
    first, second = (pd.read_csv(io.StringIO(text)) for text in (train, test))
    kinds = sorted(first["kind"].dropna().unique())

    def prepare(frame):
        numbers = frame[["gears", "weight"]].astype(float).fillna(first[["gears", "weight"]].mean())
        known = frame["kind"].where(frame["kind"].isin(kinds))
        hot = pd.get_dummies(pd.Categorical(known, categories=kinds), dtype=float)
        return torch.from_numpy(np.hstack([numbers.values, hot.values])).float()

    return prepare(first), prepare(second)


# %% right="two_tables: split by hand at the commas"
def two_tables(train: str, test: str) -> tuple[torch.Tensor, torch.Tensor]:
    def cells(text):
        return [line.split(",") for line in text.strip().split("\n")[1:]]

    known = cells(train)
    means = []
    for column in range(2):
        numbers = [float(row[column]) for row in known if row[column] != ""]
        means.append(sum(numbers) / len(numbers))
    kinds = sorted({row[2] for row in known if row[2] != ""})
    tables = []
    for text in (train, test):
        rows = [
            [float(row[c]) if row[c] else means[c] for c in range(2)] + [1.0 if row[2] == k else 0.0 for k in kinds]
            for row in cells(text)
        ]
        tables.append(torch.tensor(rows))
    return tables[0], tables[1]


# %% wrong="two_tables: holes get their own column; breaks: zeros in all of them"
def two_tables(train: str, test: str) -> tuple[torch.Tensor, torch.Tensor]:
    a, b = pd.read_csv(io.StringIO(train)), pd.read_csv(io.StringIO(test))
    means = a[["gears", "weight"]].mean()
    columns = pd.get_dummies(a["kind"], dummy_na=True).columns
    out = []
    for frame in (a, b):
        hot = pd.get_dummies(frame["kind"], dummy_na=True).reindex(columns=columns, fill_value=0)
        out.append(np.hstack([frame[["gears", "weight"]].fillna(means).values, hot.values]).astype("float32"))
    return torch.from_numpy(out[0]), torch.from_numpy(out[1])


# %% wrong="two_tables: dummies made for both tables together; breaks: kinds that occur in the training table"
def two_tables(train: str, test: str) -> tuple[torch.Tensor, torch.Tensor]:
    a, b = pd.read_csv(io.StringIO(train)), pd.read_csv(io.StringIO(test))
    both = pd.concat([a, b])
    numbers = both[["gears", "weight"]].fillna(a[["gears", "weight"]].mean())
    table = np.hstack([numbers.values, pd.get_dummies(both["kind"]).values]).astype("float32")
    return torch.from_numpy(table[: len(a)]), torch.from_numpy(table[len(a) :])


# %% wrong="two_tables: training holes by the mean, test holes by zero; breaks: the mean of the training table"
def two_tables(train: str, test: str) -> tuple[torch.Tensor, torch.Tensor]:
    a, b = pd.read_csv(io.StringIO(train)), pd.read_csv(io.StringIO(test))
    kinds = sorted(a["kind"].dropna().unique())
    a[["gears", "weight"]] = a[["gears", "weight"]].fillna(a[["gears", "weight"]].mean())
    b[["gears", "weight"]] = b[["gears", "weight"]].fillna(0)
    out = []
    for frame in (a, b):
        hot = np.stack([(frame["kind"] == kind) for kind in kinds], axis=1)
        out.append(torch.tensor(np.hstack([frame[["gears", "weight"]].values, hot]), dtype=torch.float32))
    return tuple(out)


# %% wrong="two_tables: weight before gears; breaks: in this order"
def two_tables(train: str, test: str) -> tuple[torch.Tensor, torch.Tensor]:
    """The inputs of both tables, filled and coded by what the training table holds."""
    known, new = pd.read_csv(io.StringIO(train)), pd.read_csv(io.StringIO(test))
    means = known[["gears", "weight"]].mean()
    kinds = sorted(known["kind"].dropna().unique())

    def inputs(frame):
        numbers = frame[["weight", "gears"]].fillna(means).to_numpy(dtype="float32")
        dummies = np.stack([(frame["kind"] == kind).to_numpy(dtype="float32") for kind in kinds], axis=1)
        return torch.from_numpy(np.concatenate([numbers, dummies], axis=1))

    return inputs(known), inputs(new)


# %% wrong="two_tables: whole numbers; breaks: the mean of that column"
def two_tables(train: str, test: str) -> tuple[torch.Tensor, torch.Tensor]:
    """The inputs of both tables, filled and coded by what the training table holds."""
    known, new = pd.read_csv(io.StringIO(train)), pd.read_csv(io.StringIO(test))
    means = known[["gears", "weight"]].mean().round()
    kinds = sorted(known["kind"].dropna().unique())

    def inputs(frame):
        numbers = frame[["gears", "weight"]].fillna(means).to_numpy(dtype="float32")
        dummies = np.stack([(frame["kind"] == kind).to_numpy(dtype="float32") for kind in kinds], axis=1)
        return torch.from_numpy(np.concatenate([numbers, dummies], axis=1))

    return inputs(known), inputs(new)


# %% wrong="two_tables: kinds in reverse; breaks: in alphabetical order"
def two_tables(train: str, test: str) -> tuple[torch.Tensor, torch.Tensor]:
    """The inputs of both tables, filled and coded by what the training table holds."""
    known, new = pd.read_csv(io.StringIO(train)), pd.read_csv(io.StringIO(test))
    means = known[["gears", "weight"]].mean()
    kinds = sorted(known["kind"].dropna().unique(), reverse=True)

    def inputs(frame):
        numbers = frame[["gears", "weight"]].fillna(means).to_numpy(dtype="float32")
        dummies = np.stack([(frame["kind"] == kind).to_numpy(dtype="float32") for kind in kinds], axis=1)
        return torch.from_numpy(np.concatenate([numbers, dummies], axis=1))

    return inputs(known), inputs(new)


# %% right="sentences: tensordot, bmm and diagonal"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    moved = torch.tensordot(x, a, dims=([1], [1]))
    alike = torch.matmul(x, y.transpose(0, 1))
    pairs = torch.bmm(x[:, None], y[:, :, None]).flatten()
    forms = torch.einsum("bj,bj->b", torch.einsum("bi,ij->bj", x, a), x)
    return moved, torch.mv(a, v), alike, pairs, torch.diagonal(a).sum(), forms


# %% right="sentences: diag of the table for the pairs"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    alike = torch.einsum("ni,mi->nm", x, y)
    forms = torch.einsum("ij,bi,bj->b", a, x, x)
    return torch.einsum("ij,bj->bi", a, x), a.mv(v), alike, alike.diag(), torch.einsum("jj", a), forms


# %% right="sentences: loops over the batch"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    moved = torch.stack([a @ row for row in x])
    alike = torch.stack([torch.stack([p.dot(q) for q in y]) for p in x])
    pairs = torch.stack([p.dot(q) for p, q in zip(x, y, strict=True)])
    trace = sum(a[i, i] for i in range(len(a)))
    return moved, a.mv(v), alike, pairs, trace, torch.stack([row @ a @ row for row in x])


# %% wrong="sentences: forms with y on the right; breaks: x_i a_ij x_j"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors moved, mapped, alike, pairs, trace and forms, as the text above says."""
    moved = torch.einsum("ij,bj->bi", a, x)
    mapped = a.mv(v)
    alike = torch.einsum("bi,ci->bc", x, y)
    pairs = torch.einsum("bi,bi->b", x, y)
    trace = torch.einsum("ii->", a)
    forms = torch.einsum("bi,ij,bj->b", x, a, y)
    return moved, mapped, alike, pairs, trace, forms


# %% wrong="sentences: alike with itself; breaks: with every row of y"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors moved, mapped, alike, pairs, trace and forms, as the text above says."""
    moved = torch.einsum("ij,bj->bi", a, x)
    mapped = a.mv(v)
    alike = torch.einsum("bi,ci->bc", x, x)
    pairs = torch.einsum("bi,bi->b", x, y)
    trace = torch.einsum("ii->", a)
    forms = torch.einsum("bi,ij,bj->b", x, a, x)
    return moved, mapped, alike, pairs, trace, forms


# %% wrong="sentences: the other diagonal; breaks: the sum of the diagonal"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors moved, mapped, alike, pairs, trace and forms, as the text above says."""
    moved = torch.einsum("ij,bj->bi", a, x)
    mapped = a.mv(v)
    alike = torch.einsum("bi,ci->bc", x, y)
    pairs = torch.einsum("bi,bi->b", x, y)
    trace = torch.einsum("ii->", a.flip(0))
    forms = torch.einsum("bi,ij,bj->b", x, a, x)
    return moved, mapped, alike, pairs, trace, forms


# %% wrong="sentences: vector times matrix; breaks: the matrix times the vector"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors moved, mapped, alike, pairs, trace and forms, as the text above says."""
    moved = torch.einsum("ij,bj->bi", a, x)
    mapped = v @ a
    alike = torch.einsum("bi,ci->bc", x, y)
    pairs = torch.einsum("bi,bi->b", x, y)
    trace = torch.einsum("ii->", a)
    forms = torch.einsum("bi,ij,bj->b", x, a, x)
    return moved, mapped, alike, pairs, trace, forms


# %% wrong="sentences: elementwise table; breaks: the dot product of each row"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors moved, mapped, alike, pairs, trace and forms, as the text above says."""
    moved = torch.einsum("ij,bj->bi", a, x)
    mapped = a.mv(v)
    alike = torch.einsum("bi,ci->bc", x, y)
    pairs = (x * y).mean(dim=1)
    trace = torch.einsum("ii->", a)
    forms = torch.einsum("bi,ij,bj->b", x, a, x)
    return moved, mapped, alike, pairs, trace, forms


# %% right="landscape: cartesian product"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    places = torch.cartesian_prod(torch.arange(height), torch.arange(width))
    picture = rearrange(height_at(places), "(h w) -> h w", w=width)
    return places, picture, picture - reduce(picture, "h w -> h 1", "mean")


# %% right="landscape: list of pairs"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    places = torch.tensor([[row, column] for row in range(height) for column in range(width)])
    picture = height_at(places).unflatten(0, (height, width))
    return places, picture, picture - picture.mean(1)[:, None]


# %% right="landscape: repeat to the flat form at once"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    rows = repeat(torch.arange(height), "h -> (h w)", w=width)
    columns = repeat(torch.arange(width), "w -> (h w)", h=height)
    places = torch.stack([rows, columns], dim=-1)
    picture = rearrange(height_at(places), "(h w) -> h w", h=height)
    means = repeat(reduce(picture, "h w -> h", "mean"), "h -> h w", w=width)
    return places, picture, picture - means


# %% wrong="landscape: rows for columns in the repeat; breaks: its row number and its column number"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The places (height * width, 2), the picture (height, width) of height_at(places), and it without its rows' means."""
    rows = repeat(torch.arange(height), "h -> w h", w=width)
    columns = repeat(torch.arange(width), "w -> h w", h=height)
    places = rearrange(torch.stack([rows.reshape(height, width), columns]), "two h w -> (h w) two")
    values = height_at(places)
    picture = rearrange(values, "(h w) -> h w", h=height)
    means = reduce(picture, "h w -> h 1", "mean")
    return places, picture, picture - means


# %% wrong="landscape: counts from one; breaks: row number and column number"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The places (height * width, 2), the picture (height, width) of height_at(places), and it without its rows' means."""
    rows = repeat(torch.arange(height), "h -> h w", w=width)
    columns = repeat(torch.arange(width), "w -> h w", h=height)
    places = rearrange(torch.stack([rows, columns]) + 1, "two h w -> (h w) two")
    values = height_at(places)
    picture = rearrange(values, "(h w) -> h w", h=height)
    means = reduce(picture, "h w -> h 1", "mean")
    return places, picture, picture - means


# %% wrong="landscape: relief divided by the mean; breaks: the mean subtracted"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The places (height * width, 2), the picture (height, width) of height_at(places), and it without its rows' means."""
    rows = repeat(torch.arange(height), "h -> h w", w=width)
    columns = repeat(torch.arange(width), "w -> h w", h=height)
    places = rearrange(torch.stack([rows, columns]), "two h w -> (h w) two")
    values = height_at(places)
    picture = rearrange(values, "(h w) -> h w", h=height)
    means = reduce(picture, "h w -> h 1", "mean")
    return places, picture, picture / means


# %% wrong="landscape: sum of each row; breaks: the mean of each row"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The places (height * width, 2), the picture (height, width) of height_at(places), and it without its rows' means."""
    rows = repeat(torch.arange(height), "h -> h w", w=width)
    columns = repeat(torch.arange(width), "w -> h w", h=height)
    places = rearrange(torch.stack([rows, columns]), "two h w -> (h w) two")
    values = height_at(places)
    picture = rearrange(values, "(h w) -> h w", h=height)
    means = reduce(picture, "h w -> h 1", "sum")
    return places, picture, picture - means


# %% wrong="landscape: values left flat; breaks: landscape (height, width)"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The places (height * width, 2), the picture (height, width) of height_at(places), and it without its rows' means."""
    rows = repeat(torch.arange(height), "h -> h w", w=width)
    columns = repeat(torch.arange(width), "w -> h w", h=height)
    places = rearrange(torch.stack([rows, columns]), "two h w -> (h w) two")
    values = height_at(places)
    picture = rearrange(values, "(h w) -> h w", h=height)
    means = reduce(picture, "h w -> h 1", "mean")
    return places, values, picture - means


# %% right="controls: computed with reshape and None"
def controls(a, b, square, v, w) -> tuple[torch.Tensor, ...]:
    n, m = a.shape
    trace = (square * torch.eye(n, dtype=square.dtype)).sum()
    steps = torch.as_strided(v, size=(2, 3), stride=(1, 1))
    left, right = a[:, :, None], b[None, :, :]
    outer = w.unsqueeze(1) * v.unsqueeze(0)
    return torch.as_strided(a, (n, m), (m, 1)), steps, trace, (a * v).sum(-1), (left * right).sum(1), outer


# %% wrong="controls: method form and offsets of 0; breaks: each may begin anywhere in its memory, seen with parts of a longer row"
def controls(a, b, square, v, w) -> tuple[torch.Tensor, ...]:
    (n, m), p = a.shape, b.shape[1]
    again = a.as_strided((n, m), (m, 1), 0)
    steps = v.as_strided((2, 3), (1, 1), 0)
    trace = square.as_strided((n,), (n + 1,), 0).sum()
    mv = (a * v.as_strided((n, m), (0, 1))).sum(1)
    mm = (a.as_strided((n, p, m), (m, 0, 1)) * b.as_strided((n, p, m), (0, 1, p))).sum(-1)
    return again, steps, trace, mv, mm, w.as_strided((n, m), (1, 0)) * v.as_strided((n, m), (0, 1))


# %% right="controls: products by rows in Python"
def controls(a, b, square, v, w) -> tuple[torch.Tensor, ...]:
    n, m = a.shape
    mv = torch.stack([(row * v).sum() for row in a])
    mm = torch.stack([torch.stack([(row * b[:, k]).sum() for k in range(b.shape[1])]) for row in a])
    trace = sum(square[i, i] for i in range(n))
    outer = torch.stack([value * v for value in w])
    return a, torch.stack([v[0:3], v[1:4]]), trace, mv, mm, outer


# %% wrong="controls: trace with stride n - 1; breaks: the sum of the diagonal"
def controls(a, b, square, v, w) -> tuple[torch.Tensor, ...]:
    """The tensors again, steps, trace, mv, mm and outer, as the text above says."""
    (n, m), p = a.shape, b.shape[1]
    again = torch.as_strided(a, (n, m), (m, 1))
    steps = torch.as_strided(v, (2, 3), (1, 1))
    trace = torch.as_strided(square, (n,), (max(n - 1, 1),)).sum()
    mv = (a * torch.as_strided(v, (n, m), (0, 1))).sum(dim=1)
    left = torch.as_strided(a, (n, m, p), (m, 1, 0))
    right = torch.as_strided(b, (n, m, p), (0, p, 1))
    mm = (left * right).sum(dim=1)
    outer = torch.as_strided(w, (n, m), (1, 0)) * torch.as_strided(v, (n, m), (0, 1))
    return again, steps, trace, mv, mm, outer


# %% wrong="controls: steps as columns; breaks: (v0, v1, v2) and (v1, v2, v3) as rows, (2, 3)"
def controls(a, b, square, v, w) -> tuple[torch.Tensor, ...]:
    """The tensors again, steps, trace, mv, mm and outer, as the text above says."""
    (n, m), p = a.shape, b.shape[1]
    again = torch.as_strided(a, (n, m), (m, 1))
    steps = torch.as_strided(v, (3, 2), (1, 1))
    trace = torch.as_strided(square, (n,), (n + 1,)).sum()
    mv = (a * torch.as_strided(v, (n, m), (0, 1))).sum(dim=1)
    left = torch.as_strided(a, (n, m, p), (m, 1, 0))
    right = torch.as_strided(b, (n, m, p), (0, p, 1))
    mm = (left * right).sum(dim=1)
    outer = torch.as_strided(w, (n, m), (1, 0)) * torch.as_strided(v, (n, m), (0, 1))
    return again, steps, trace, mv, mm, outer


# %% wrong="controls: outer the other way round; breaks: (n, m)"
def controls(a, b, square, v, w) -> tuple[torch.Tensor, ...]:
    """The tensors again, steps, trace, mv, mm and outer, as the text above says."""
    (n, m), p = a.shape, b.shape[1]
    again = torch.as_strided(a, (n, m), (m, 1))
    steps = torch.as_strided(v, (2, 3), (1, 1))
    trace = torch.as_strided(square, (n,), (n + 1,)).sum()
    mv = (a * torch.as_strided(v, (n, m), (0, 1))).sum(dim=1)
    left = torch.as_strided(a, (n, m, p), (m, 1, 0))
    right = torch.as_strided(b, (n, m, p), (0, p, 1))
    mm = (left * right).sum(dim=1)
    outer = torch.as_strided(v, (m, n), (1, 0)) * torch.as_strided(w, (m, n), (0, 1))
    return again, steps, trace, mv, mm, outer


# %% wrong="controls: b transposed by its strides; breaks: a times b"
def controls(a, b, square, v, w) -> tuple[torch.Tensor, ...]:
    """The tensors again, steps, trace, mv, mm and outer, as the text above says."""
    (n, m), p = a.shape, b.shape[1]
    again = torch.as_strided(a, (n, m), (m, 1))
    steps = torch.as_strided(v, (2, 3), (1, 1))
    trace = torch.as_strided(square, (n,), (n + 1,)).sum()
    mv = (a * torch.as_strided(v, (n, m), (0, 1))).sum(dim=1)
    left = torch.as_strided(a, (n, m, p), (m, 1, 0))
    right = torch.as_strided(b, (n, m, p), (0, 1, p))
    mm = (left * right).sum(dim=1)
    outer = torch.as_strided(w, (n, m), (1, 0)) * torch.as_strided(v, (n, m), (0, 1))
    return again, steps, trace, mv, mm, outer


# %% wrong="controls: mean for sum; breaks: a times v"
def controls(a, b, square, v, w) -> tuple[torch.Tensor, ...]:
    """The tensors again, steps, trace, mv, mm and outer, as the text above says."""
    (n, m), p = a.shape, b.shape[1]
    again = torch.as_strided(a, (n, m), (m, 1))
    steps = torch.as_strided(v, (2, 3), (1, 1))
    trace = torch.as_strided(square, (n,), (n + 1,)).sum()
    mv = (a * torch.as_strided(v, (n, m), (0, 1))).mean(dim=1)
    left = torch.as_strided(a, (n, m, p), (m, 1, 0))
    right = torch.as_strided(b, (n, m, p), (0, p, 1))
    mm = (left * right).sum(dim=1)
    outer = torch.as_strided(w, (n, m), (1, 0)) * torch.as_strided(v, (n, m), (0, 1))
    return again, steps, trace, mv, mm, outer


# %% right="blur: a list of windows"
def blur(picture: torch.Tensor, size: int) -> torch.Tensor:
    height, width = picture.shape
    return torch.stack(
        [
            torch.stack([picture[r : r + size, c : c + size].mean() for c in range(width - size + 1)])
            for r in range(height - size + 1)
        ]
    )


# %% right="blur: two sliding sums of shifted slices"
def blur(picture: torch.Tensor, size: int) -> torch.Tensor:
    h, w = picture.shape
    rows = torch.stack([picture[k : h - size + 1 + k] for k in range(size)]).sum(0)
    both = torch.stack([rows[:, k : w - size + 1 + k] for k in range(size)]).sum(0)
    return both / size**2


# %% right="blur: index tables for the windows"
def blur(picture: torch.Tensor, size: int) -> torch.Tensor:
    h, w = picture.shape
    rows = torch.arange(h - size + 1)[:, None] + torch.arange(size)
    columns = torch.arange(w - size + 1)[:, None] + torch.arange(size)
    return picture[rows[:, None, :, None], columns[None, :, None, :]].mean(dim=(-2, -1))


# %% wrong="blur: blurs rows only; breaks: the square around it"
def blur(picture: torch.Tensor, size: int) -> torch.Tensor:
    h, w = picture.shape
    rows = sum(picture[:, k : w - size + 1 + k] for k in range(size)) / size
    return rows[: h - size + 1]


# %% wrong="blur: keeps the size by padding; breaks: that leaves (height - size + 1, width - size + 1)"
def blur(picture: torch.Tensor, size: int) -> torch.Tensor:
    h, w = picture.shape
    big = torch.nn.functional.pad(picture, (0, size - 1, 0, size - 1))
    return sum(big[r : r + h, c : c + w] for r in range(size) for c in range(size)) / size**2


# %% wrong="blur: windows that do not overlap; breaks: the means of all windows"
def blur(picture: torch.Tensor, size: int) -> torch.Tensor:
    h, w = picture.shape[0] // size, picture.shape[1] // size
    return picture[: h * size, : w * size].reshape(h, size, w, size).mean(dim=(1, 3))


# %% wrong="blur: the first axis's stride twice; breaks: means of all windows"
def blur(picture: torch.Tensor, size: int) -> torch.Tensor:
    h, w = picture.shape
    row = picture.stride(0)
    shape = (h - size + 1, w - size + 1, size, size)
    return picture.as_strided(shape, (row, 1, row, 1)).mean(dim=(2, 3))


# %% wrong="blur: the largest of each window; breaks: the mean"
def blur(picture: torch.Tensor, size: int) -> torch.Tensor:
    """The mean of every size x size window of a picture: (height, width) in, (height - size + 1, width - size + 1) out."""
    down, across = picture.stride()
    height, width = picture.shape
    shape = (height - size + 1, width - size + 1, size, size)
    return picture.as_strided(shape, (down, across, down, across)).amax(dim=(2, 3))


# %% right="drawings: axes from subplots, a nested loop through product"
def profiles(x, first, second, title, xlabel, ylabel):
    figure = plt.figure()
    left = figure.add_subplot(121)
    right = figure.add_subplot(122, sharey=left)
    for axis, y in ((left, first), (right, second)):
        axis.plot(x, y)
    left.set_title(title)
    left.set_xlabel(xlabel)
    left.set_ylabel(ylabel)
    return figure


def gallery(pictures, titles, rows, columns):
    figure, axes = plt.subplots(rows, columns, squeeze=False)
    for row, column in product(range(rows), range(columns)):
        number = row * columns + column
        axes[row][column].imshow(pictures[number])
        axes[row][column].set(title=titles[number])
    return figure


def contours(f, xs, ys):
    across = repeat(xs, "w -> h w", h=len(ys))
    up = repeat(ys, "h -> h w", w=len(xs))
    figure, axis = plt.subplots()
    axis.contour(xs, ys, np.vectorize(f)(across, up))
    return figure


def fitted(layer, x):
    with torch.no_grad():
        y = layer(x.reshape(-1, 1)).flatten()
    a, b = layer.weight.detach().item(), layer.bias.detach().item()
    figure, axis = plt.subplots()
    axis.plot(x, y)
    axis.set_title(f"y = {a:.2f} x − {-b:.2f}" if b < 0 else f"y = {a:.2f} x + {b:.2f}")
    return figure


# %% right="drawings: axes flattened, sharey in subplots"
def profiles(x, first, second, title, xlabel, ylabel):
    """Two curves side by side, with one vertical scale."""
    figure = plt.figure(figsize=(6, 2))
    left, right = figure.subplots(1, 2, sharey=True)
    left.plot(x, first)
    right.plot(x, second)
    left.set_title(title)
    left.set_xlabel(xlabel)
    left.set_ylabel(ylabel)
    return figure


def gallery(pictures, titles, rows, columns):
    """Pictures on a grid, in reading order."""
    figure, axes = plt.subplots(rows, columns, squeeze=False)
    grid = product(range(rows), range(columns))
    for place, (row, column) in enumerate(grid):
        axes.flat[place].imshow(pictures[place], cmap="gray_r")
        axes[row, column].set_title(titles[place])
    return figure


def contours(f, xs, ys):
    """Lines of equal height of f(x, y) over a grid of places."""
    across = repeat(xs, "w -> h w", h=len(ys))
    up = repeat(ys, "h -> h w", w=len(xs))
    heights = np.vectorize(f)(across, up)
    figure = plt.figure(figsize=(3, 3))
    figure.add_subplot().contour(across, up, heights)
    return figure


def fitted(layer, x):
    """The line of a layer nn.Linear(1, 1) over x, with its formula as title."""
    slope, shift = layer.weight.item(), layer.bias.item()
    y = layer(x.unsqueeze(1)).squeeze(1).detach().numpy()
    figure = plt.figure(figsize=(4, 2))
    axis = figure.add_subplot()
    axis.plot(x.numpy(), y)
    sign = "−" if shift < 0 else "+"
    steep, high = format(slope, ".2f"), format(abs(shift), ".2f")
    axis.set_title(f"y = {steep} x {sign} {high}")
    return figure


# %% right="drawings: gridspec and an Axes per place"
def profiles(x, first, second, title, xlabel, ylabel):
    """Two curves side by side, with one vertical scale."""
    figure = plt.figure(figsize=(6, 2))
    grid = figure.add_gridspec(1, 2)
    left = figure.add_subplot(grid[0, 0])
    right = figure.add_subplot(grid[0, 1])
    right.sharey(left)
    left.plot(x, first)
    right.plot(x, second)
    left.set_title(title)
    left.set_xlabel(xlabel)
    left.set_ylabel(ylabel)
    return figure


def gallery(pictures, titles, rows, columns):
    """Pictures on a grid, in reading order."""
    figure, axes = plt.subplots(rows, columns, squeeze=False)
    grid = product(range(rows), range(columns))
    for place, (row, column) in enumerate(grid):
        axes[row, column].imshow(pictures[place], cmap="gray_r")
        axes[row, column].set_title(titles[place])
    return figure


def contours(f, xs, ys):
    """Lines of equal height of f(x, y) over a grid of places."""
    across = repeat(xs, "w -> h w", h=len(ys))
    up = repeat(ys, "h -> h w", w=len(xs))
    heights = np.vectorize(f)(across, up)
    figure = plt.figure(figsize=(3, 3))
    figure.add_subplot().contour(across, up, heights)
    return figure


def fitted(layer, x):
    """The line of a layer nn.Linear(1, 1) over x, with its formula as title."""
    slope, shift = layer.weight.item(), layer.bias.item()
    y = (layer.weight * x + layer.bias).detach().numpy()[0]
    figure = plt.figure(figsize=(4, 2))
    axis = figure.add_subplot()
    axis.plot(x.numpy(), y)
    sign = "−" if shift < 0 else "+"
    steep, high = format(slope, ".2f"), format(abs(shift), ".2f")
    axis.set_title(f"y = {steep} x {sign} {high}")
    return figure


# %% wrong="drawings: title on the whole figure; breaks: the left axes get a title"
def profiles(x, first, second, title, xlabel, ylabel):
    """Two curves side by side, with one vertical scale."""
    figure = plt.figure(figsize=(6, 2))
    left = figure.add_subplot(1, 2, 1)
    right = figure.add_subplot(1, 2, 2, sharey=left)
    left.plot(x, first)
    right.plot(x, second)
    figure.suptitle(title)
    left.set_xlabel(xlabel)
    left.set_ylabel(ylabel)
    return figure


def gallery(pictures, titles, rows, columns):
    """Pictures on a grid, in reading order."""
    figure, axes = plt.subplots(rows, columns, squeeze=False)
    grid = product(range(rows), range(columns))
    for place, (row, column) in enumerate(grid):
        axes[row, column].imshow(pictures[place], cmap="gray_r")
        axes[row, column].set_title(titles[place])
    return figure


def contours(f, xs, ys):
    """Lines of equal height of f(x, y) over a grid of places."""
    across = repeat(xs, "w -> h w", h=len(ys))
    up = repeat(ys, "h -> h w", w=len(xs))
    heights = np.vectorize(f)(across, up)
    figure = plt.figure(figsize=(3, 3))
    figure.add_subplot().contour(across, up, heights)
    return figure


def fitted(layer, x):
    """The line of a layer nn.Linear(1, 1) over x, with its formula as title."""
    slope, shift = layer.weight.item(), layer.bias.item()
    y = layer(x.unsqueeze(1)).squeeze(1).detach().numpy()
    figure = plt.figure(figsize=(4, 2))
    axis = figure.add_subplot()
    axis.plot(x.numpy(), y)
    sign = "−" if shift < 0 else "+"
    steep, high = format(slope, ".2f"), format(abs(shift), ".2f")
    axis.set_title(f"y = {steep} x {sign} {high}")
    return figure


# %% wrong="drawings: last row first; breaks: in reading order"
def profiles(x, first, second, title, xlabel, ylabel):
    """Two curves side by side, with one vertical scale."""
    figure = plt.figure(figsize=(6, 2))
    left = figure.add_subplot(1, 2, 1)
    right = figure.add_subplot(1, 2, 2, sharey=left)
    left.plot(x, first)
    right.plot(x, second)
    left.set_title(title)
    left.set_xlabel(xlabel)
    left.set_ylabel(ylabel)
    return figure


def gallery(pictures, titles, rows, columns):
    """Pictures on a grid, in reading order."""
    figure, axes = plt.subplots(rows, columns, squeeze=False)
    grid = product(range(rows), range(columns))
    for place, (row, column) in enumerate(grid):
        axes[row, column].imshow(pictures[rows * columns - 1 - place], cmap="gray_r")
        axes[row, column].set_title(titles[place])
    return figure


def contours(f, xs, ys):
    """Lines of equal height of f(x, y) over a grid of places."""
    across = repeat(xs, "w -> h w", h=len(ys))
    up = repeat(ys, "h -> h w", w=len(xs))
    heights = np.vectorize(f)(across, up)
    figure = plt.figure(figsize=(3, 3))
    figure.add_subplot().contour(across, up, heights)
    return figure


def fitted(layer, x):
    """The line of a layer nn.Linear(1, 1) over x, with its formula as title."""
    slope, shift = layer.weight.item(), layer.bias.item()
    y = layer(x.unsqueeze(1)).squeeze(1).detach().numpy()
    figure = plt.figure(figsize=(4, 2))
    axis = figure.add_subplot()
    axis.plot(x.numpy(), y)
    sign = "−" if shift < 0 else "+"
    steep, high = format(slope, ".2f"), format(abs(shift), ".2f")
    axis.set_title(f"y = {steep} x {sign} {high}")
    return figure


# %% wrong="drawings: one title for all; breaks: each with its title"
def profiles(x, first, second, title, xlabel, ylabel):
    """Two curves side by side, with one vertical scale."""
    figure = plt.figure(figsize=(6, 2))
    left = figure.add_subplot(1, 2, 1)
    right = figure.add_subplot(1, 2, 2, sharey=left)
    left.plot(x, first)
    right.plot(x, second)
    left.set_title(title)
    left.set_xlabel(xlabel)
    left.set_ylabel(ylabel)
    return figure


def gallery(pictures, titles, rows, columns):
    """Pictures on a grid, in reading order."""
    figure, axes = plt.subplots(rows, columns, squeeze=False)
    grid = product(range(rows), range(columns))
    for place, (row, column) in enumerate(grid):
        axes[row, column].imshow(pictures[place], cmap="gray_r")
        axes[row, column].set_title(titles[0])
    return figure


def contours(f, xs, ys):
    """Lines of equal height of f(x, y) over a grid of places."""
    across = repeat(xs, "w -> h w", h=len(ys))
    up = repeat(ys, "h -> h w", w=len(xs))
    heights = np.vectorize(f)(across, up)
    figure = plt.figure(figsize=(3, 3))
    figure.add_subplot().contour(across, up, heights)
    return figure


def fitted(layer, x):
    """The line of a layer nn.Linear(1, 1) over x, with its formula as title."""
    slope, shift = layer.weight.item(), layer.bias.item()
    y = layer(x.unsqueeze(1)).squeeze(1).detach().numpy()
    figure = plt.figure(figsize=(4, 2))
    axis = figure.add_subplot()
    axis.plot(x.numpy(), y)
    sign = "−" if shift < 0 else "+"
    steep, high = format(slope, ".2f"), format(abs(shift), ".2f")
    axis.set_title(f"y = {steep} x {sign} {high}")
    return figure


# %% wrong="drawings: a picture of the heights; breaks: lines of equal height"
def profiles(x, first, second, title, xlabel, ylabel):
    """Two curves side by side, with one vertical scale."""
    figure = plt.figure(figsize=(6, 2))
    left = figure.add_subplot(1, 2, 1)
    right = figure.add_subplot(1, 2, 2, sharey=left)
    left.plot(x, first)
    right.plot(x, second)
    left.set_title(title)
    left.set_xlabel(xlabel)
    left.set_ylabel(ylabel)
    return figure


def gallery(pictures, titles, rows, columns):
    """Pictures on a grid, in reading order."""
    figure, axes = plt.subplots(rows, columns, squeeze=False)
    grid = product(range(rows), range(columns))
    for place, (row, column) in enumerate(grid):
        axes[row, column].imshow(pictures[place], cmap="gray_r")
        axes[row, column].set_title(titles[place])
    return figure


def contours(f, xs, ys):
    """Lines of equal height of f(x, y) over a grid of places."""
    across = repeat(xs, "w -> h w", h=len(ys))
    up = repeat(ys, "h -> h w", w=len(xs))
    heights = np.vectorize(f)(across, up)
    figure = plt.figure(figsize=(3, 3))
    figure.add_subplot().imshow(heights)
    return figure


def fitted(layer, x):
    """The line of a layer nn.Linear(1, 1) over x, with its formula as title."""
    slope, shift = layer.weight.item(), layer.bias.item()
    y = layer(x.unsqueeze(1)).squeeze(1).detach().numpy()
    figure = plt.figure(figsize=(4, 2))
    axis = figure.add_subplot()
    axis.plot(x.numpy(), y)
    sign = "−" if shift < 0 else "+"
    steep, high = format(slope, ".2f"), format(abs(shift), ".2f")
    axis.set_title(f"y = {steep} x {sign} {high}")
    return figure


# %% wrong="drawings: f of whole arrays reversed; breaks: f(x, y)"
def profiles(x, first, second, title, xlabel, ylabel):
    """Two curves side by side, with one vertical scale."""
    figure = plt.figure(figsize=(6, 2))
    left = figure.add_subplot(1, 2, 1)
    right = figure.add_subplot(1, 2, 2, sharey=left)
    left.plot(x, first)
    right.plot(x, second)
    left.set_title(title)
    left.set_xlabel(xlabel)
    left.set_ylabel(ylabel)
    return figure


def gallery(pictures, titles, rows, columns):
    """Pictures on a grid, in reading order."""
    figure, axes = plt.subplots(rows, columns, squeeze=False)
    grid = product(range(rows), range(columns))
    for place, (row, column) in enumerate(grid):
        axes[row, column].imshow(pictures[place], cmap="gray_r")
        axes[row, column].set_title(titles[place])
    return figure


def contours(f, xs, ys):
    """Lines of equal height of f(x, y) over a grid of places."""
    across = repeat(xs, "w -> h w", h=len(ys))
    up = repeat(ys, "h -> h w", w=len(xs))
    heights = np.vectorize(f)(across, up)[::-1]
    figure = plt.figure(figsize=(3, 3))
    figure.add_subplot().contour(across, up, heights)
    return figure


def fitted(layer, x):
    """The line of a layer nn.Linear(1, 1) over x, with its formula as title."""
    slope, shift = layer.weight.item(), layer.bias.item()
    y = layer(x.unsqueeze(1)).squeeze(1).detach().numpy()
    figure = plt.figure(figsize=(4, 2))
    axis = figure.add_subplot()
    axis.plot(x.numpy(), y)
    sign = "−" if shift < 0 else "+"
    steep, high = format(slope, ".2f"), format(abs(shift), ".2f")
    axis.set_title(f"y = {steep} x {sign} {high}")
    return figure


# %% wrong="drawings: minus sign of the number kept; breaks: y = 2.00 x − 0.50"
def profiles(x, first, second, title, xlabel, ylabel):
    """Two curves side by side, with one vertical scale."""
    figure = plt.figure(figsize=(6, 2))
    left = figure.add_subplot(1, 2, 1)
    right = figure.add_subplot(1, 2, 2, sharey=left)
    left.plot(x, first)
    right.plot(x, second)
    left.set_title(title)
    left.set_xlabel(xlabel)
    left.set_ylabel(ylabel)
    return figure


def gallery(pictures, titles, rows, columns):
    """Pictures on a grid, in reading order."""
    figure, axes = plt.subplots(rows, columns, squeeze=False)
    grid = product(range(rows), range(columns))
    for place, (row, column) in enumerate(grid):
        axes[row, column].imshow(pictures[place], cmap="gray_r")
        axes[row, column].set_title(titles[place])
    return figure


def contours(f, xs, ys):
    """Lines of equal height of f(x, y) over a grid of places."""
    across = repeat(xs, "w -> h w", h=len(ys))
    up = repeat(ys, "h -> h w", w=len(xs))
    heights = np.vectorize(f)(across, up)
    figure = plt.figure(figsize=(3, 3))
    figure.add_subplot().contour(across, up, heights)
    return figure


def fitted(layer, x):
    """The line of a layer nn.Linear(1, 1) over x, with its formula as title."""
    slope, shift = layer.weight.item(), layer.bias.item()
    y = layer(x.unsqueeze(1)).squeeze(1).detach().numpy()
    figure = plt.figure(figsize=(4, 2))
    axis = figure.add_subplot()
    axis.plot(x.numpy(), y)
    sign = "−" if shift < 0 else "+"
    steep, high = format(slope, ".2f"), format(shift, ".2f")
    axis.set_title(f"y = {steep} x {sign} {high}")
    return figure


# %% right="mean_pictures: clones in the list"
def mean_pictures(pictures: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    """The mean picture of each class, (classes, height, width); 0 for a class without pictures."""
    sums = [torch.zeros_like(pictures[0]).clone() for _ in range(classes)]
    counts = torch.bincount(labels, minlength=classes)
    for picture, label in zip(pictures, labels.tolist(), strict=True):
        sums[label] += picture
    return torch.stack(sums) / counts.clamp(min=1)[:, None, None]


# %% right="mean_pictures: a dictionary of lists"
def mean_pictures(pictures: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    groups = {c: [] for c in range(classes)}
    for picture, label in zip(pictures, labels.tolist(), strict=True):
        groups[label].append(picture)
    empty = torch.zeros_like(pictures[0])
    return torch.stack([torch.stack(g).mean(dim=0) if g else empty for g in groups.values()])


# %% right="mean_pictures: one-hot rows times flattened pictures"
def mean_pictures(pictures: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    hot = torch.nn.functional.one_hot(labels, classes).T.to(pictures.dtype)
    sums = (hot @ pictures.flatten(1)).reshape(classes, *pictures.shape[1:])
    return sums / hot.sum(dim=1).clamp(min=1)[:, None, None]


# %% wrong="mean_pictures: copies the list, not the tensors; breaks: the mean picture of each class"
def mean_pictures(pictures: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    """The mean picture of each class, (classes, height, width); 0 for a class without pictures."""
    sums = list([torch.zeros_like(pictures[0])] * classes)
    counts = torch.bincount(labels, minlength=classes)
    for picture, label in zip(pictures, labels.tolist(), strict=True):
        sums[label] += picture
    return torch.stack(sums) / counts.clamp(min=1)[:, None, None]


# %% wrong="mean_pictures: the last picture of each class; breaks: the mean"
def mean_pictures(pictures: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    """The mean picture of each class, (classes, height, width); 0 for a class without pictures."""
    sums = [torch.zeros_like(pictures[0]) for _ in range(classes)]
    counts = torch.bincount(labels, minlength=classes)
    for picture, label in zip(pictures, labels.tolist(), strict=True):
        sums[label] = picture
    return torch.stack(sums)


# %% wrong="mean_pictures: counts one too many; breaks: the mean"
def mean_pictures(pictures: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    """The mean picture of each class, (classes, height, width); 0 for a class without pictures."""
    sums = [torch.zeros_like(pictures[0]) for _ in range(classes)]
    counts = torch.bincount(labels, minlength=classes)
    for picture, label in zip(pictures, labels.tolist(), strict=True):
        sums[label] += picture
    return torch.stack(sums) / (counts + 1)[:, None, None]


# %% wrong="mean_pictures: leaves empty classes out; breaks: (classes, height, width)"
def mean_pictures(pictures: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    """The mean picture of each class, (classes, height, width); 0 for a class without pictures."""
    sums = [torch.zeros_like(pictures[0]) for _ in range(classes)]
    counts = torch.bincount(labels, minlength=classes)
    for picture, label in zip(pictures, labels.tolist(), strict=True):
        sums[label] += picture
    return (torch.stack(sums) / counts.clamp(min=1)[:, None, None])[counts > 0]


# %% wrong="mean_pictures: the mean of all for an empty class; breaks: 0 for a class without pictures"
def mean_pictures(pictures: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    """The mean picture of each class, (classes, height, width); 0 for a class without pictures."""
    sums = [torch.zeros_like(pictures[0]) for _ in range(classes)]
    counts = torch.bincount(labels, minlength=classes)
    for picture, label in zip(pictures, labels.tolist(), strict=True):
        sums[label] += picture
    means = torch.stack(sums) / counts.clamp(min=1)[:, None, None]
    return torch.where((counts == 0)[:, None, None], pictures.mean(dim=0), means)
