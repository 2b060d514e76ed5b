# Answers to the exercises of 2_axes.py, right and wrong: what `course audit` grades. No student sees them.

# %% right="stretch: flattened and shaped again"
def stretch(pictures):
    flat = pictures.flatten(-2)
    flat = flat - flat.min(dim=-1, keepdim=True).values
    top = flat.max(dim=-1, keepdim=True).values
    return (flat / top.masked_fill(top == 0, 1)).reshape(pictures.shape)


# %% right="stretch: nan filled afterwards"
def stretch(pictures):
    low, high = pictures.amin((-1, -2)), pictures.amax((-1, -2))
    stretched = (pictures - low[..., None, None]) / (high - low)[..., None, None]
    flat = (low == high)[..., None, None].expand(pictures.shape)
    return stretched.masked_fill(flat, 0)


# %% right="stretch: picture by picture"
def stretch(pictures):
    if pictures.ndim > 2:
        return torch.stack([stretch(part) for part in pictures])
    low, high = pictures.min(), pictures.max()
    if low == high:
        return torch.zeros_like(pictures)
    return (pictures - low) / (high - low)


# %% wrong="stretch: over the whole stack"
def stretch(pictures: torch.Tensor) -> torch.Tensor:
    """Each picture (..., height, width) with its lightest pixel at 0 and its darkest at 1; flat ones all 0."""
    low = pictures.min()
    span = pictures.max() - low
    return (pictures - low) / torch.where(span == 0, torch.ones_like(span), span)


# %% wrong="stretch: axes counted from the front"
def stretch(pictures: torch.Tensor) -> torch.Tensor:
    """Each picture (..., height, width) with its lightest pixel at 0 and its darkest at 1; flat ones all 0."""
    low = pictures.amin(dim=(1, 2), keepdim=True)
    span = pictures.amax(dim=(1, 2), keepdim=True) - low
    return (pictures - low) / torch.where(span == 0, torch.ones_like(span), span)


# %% wrong="stretch: flat pictures become nan"
def stretch(pictures: torch.Tensor) -> torch.Tensor:
    """Each picture (..., height, width) with its lightest pixel at 0 and its darkest at 1; flat ones all 0."""
    low = pictures.amin(dim=(-2, -1), keepdim=True)
    span = pictures.amax(dim=(-2, -1), keepdim=True) - low
    return (pictures - low) / span


# %% wrong="stretch: a little is added to the span"
def stretch(pictures: torch.Tensor) -> torch.Tensor:
    """Each picture (..., height, width) with its lightest pixel at 0 and its darkest at 1; flat ones all 0."""
    low = pictures.amin(dim=(-2, -1), keepdim=True)
    span = pictures.amax(dim=(-2, -1), keepdim=True) - low
    return (pictures - low) / (span + 1e-3)


# %% wrong="stretch: faint pictures count as flat"
def stretch(pictures: torch.Tensor) -> torch.Tensor:
    """Each picture (..., height, width) with its lightest pixel at 0 and its darkest at 1; flat ones all 0."""
    low = pictures.amin(dim=(-2, -1), keepdim=True)
    span = pictures.amax(dim=(-2, -1), keepdim=True) - low
    return (pictures - low) * (span >= 0.01) / torch.where(span < 0.01, torch.ones_like(span), span)


# %% wrong="stretch: divides by the largest only"
def stretch(pictures: torch.Tensor) -> torch.Tensor:
    """Each picture (..., height, width) with its lightest pixel at 0 and its darkest at 1; flat ones all 0."""
    low = pictures.amin(dim=(-2, -1), keepdim=True)
    span = pictures.amax(dim=(-2, -1), keepdim=True)
    return (pictures - low) / torch.where(span == 0, torch.ones_like(span), span)


# %% wrong="stretch: each row by itself"
def stretch(pictures: torch.Tensor) -> torch.Tensor:
    """Each picture (..., height, width) with its lightest pixel at 0 and its darkest at 1; flat ones all 0."""
    low = pictures.amin(dim=-1, keepdim=True)
    span = pictures.amax(dim=-1, keepdim=True) - low
    return (pictures - low) / torch.where(span == 0, torch.ones_like(span), span)


# %% wrong="stretch: without keeping the axes"
def stretch(pictures):
    low, high = pictures.amin(dim=(-2, -1)), pictures.amax(dim=(-2, -1))
    span = torch.where(high == low, torch.ones_like(low), high - low)
    if pictures.ndim == 2:
        return (pictures - low) / span
    return (pictures - low[:, None]) / span[:, None] if len(pictures) == pictures.shape[1] else pictures


# %% wrong="stretch: in place"
def stretch(pictures: torch.Tensor) -> torch.Tensor:
    """Each picture (..., height, width) with its lightest pixel at 0 and its darkest at 1; flat ones all 0."""
    pictures -= pictures.amin(dim=(-2, -1), keepdim=True)
    low = pictures.amin(dim=(-2, -1), keepdim=True)
    span = pictures.amax(dim=(-2, -1), keepdim=True) - low
    return (pictures - low) / torch.where(span == 0, torch.ones_like(span), span)


# %% equivalent="stretch: the order of the axes of one picture does not matter"
# - low = pictures.amin(dim=(-2, -1), keepdim=True)
# + low = pictures.amin(dim=(-1, -2), keepdim=True)


# %% equivalent="stretch: the order of the axes of one picture does not matter, case 2"
# - span = pictures.amax(dim=(-2, -1), keepdim=True) - low
# + span = pictures.amax(dim=(-1, -2), keepdim=True) - low


# %% equivalent="stretch: nothing in the result is below 0"
# spoiler: stretch returns absolute


# %% right="broadcast_shape: from the right by zip_longest"
def broadcast_shape(a, b):
    from itertools import zip_longest

    shape = []
    for one, other in zip_longest(reversed(a), reversed(b), fillvalue=1):
        if one == 1:
            shape.append(other)
        elif other in (1, one):
            shape.append(one)
        else:
            raise ValueError("these shapes do not go together")
    return tuple(reversed(shape))


# %% right="broadcast_shape: by itself on shorter shapes"
def broadcast_shape(a, b):
    if not a or not b:
        return tuple(a or b)
    lengths = {a[-1], b[-1]} - {1}
    if len(lengths) > 1:
        raise ValueError(f"{a[-1]} meets {b[-1]}")
    return (*broadcast_shape(a[:-1], b[:-1]), *(lengths or {1}))


# %% right="broadcast_shape: with negative places"
def broadcast_shape(a, b):
    result = []
    for place in range(-max(len(a), len(b)), 0):
        one = a[place] if -place <= len(a) else 1
        other = b[place] if -place <= len(b) else 1
        if one == other or other == 1:
            result.append(one)
        elif one == 1:
            result.append(other)
        else:
            raise ValueError((a, b))
    return tuple(result)


# %% right="broadcast_shape: sets of lengths, filled by their own add, and a product by a function of its own called mul"
def mul(lengths):
    product = 1
    for length in lengths:
        product *= length
    return product


def broadcast_shape(a, b):
    lengths = []
    for back in range(max(len(a), len(b)), 0, -1):
        column = set()
        for shape in (a, b):
            if back <= len(shape) and shape[-back] != 1:
                column.add(shape[-back])
        if len(column) > 1:
            raise ValueError("two lengths in one column")
        lengths.append(mul(column))
    return tuple(lengths)


# %% wrong="broadcast_shape: flush left"
def broadcast_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """The shape that broadcasting makes of two shapes; ValueError when they do not go together."""
    axes = max(len(a), len(b))
    a, b = tuple(a) + (1,) * (axes - len(a)), tuple(b) + (1,) * (axes - len(b))
    for one, other in zip(a, b, strict=True):
        if one != other and 1 not in (one, other):
            raise ValueError(f"{a} and {b} do not go together")
    return tuple(other if one == 1 else one for one, other in zip(a, b, strict=True))


# %% wrong="broadcast_shape: the larger of the two lengths"
def broadcast_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """The shape that broadcasting makes of two shapes; ValueError when they do not go together."""
    axes = max(len(a), len(b))
    a, b = (1,) * (axes - len(a)) + tuple(a), (1,) * (axes - len(b)) + tuple(b)
    for one, other in zip(a, b, strict=True):
        if one != other and 1 not in (one, other):
            raise ValueError(f"{a} and {b} do not go together")
    return tuple(max(one, other) for one, other in zip(a, b, strict=True))


# %% wrong="broadcast_shape: only the first one may be 1"
def broadcast_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """The shape that broadcasting makes of two shapes; ValueError when they do not go together."""
    axes = max(len(a), len(b))
    a, b = (1,) * (axes - len(a)) + tuple(a), (1,) * (axes - len(b)) + tuple(b)
    for one, other in zip(a, b, strict=True):
        if one != other and one != 1:
            raise ValueError(f"{a} and {b} do not go together")
    return tuple(other if one == 1 else one for one, other in zip(a, b, strict=True))


# %% wrong="broadcast_shape: cuts to the shorter one"
def broadcast_shape(a, b):
    shape = []
    for one, other in zip(reversed(a), reversed(b), strict=False):
        if one != other and 1 not in (one, other):
            raise ValueError((a, b))
        shape.append(other if one == 1 else one)
    return tuple(reversed(shape))


# %% wrong="broadcast_shape: multiples go together"
def broadcast_shape(a, b):
    axes, shape = max(len(a), len(b)), []
    for one, other in zip((1,) * (axes - len(a)) + tuple(a), (1,) * (axes - len(b)) + tuple(b), strict=True):
        if one and other and one % other and other % one:
            raise ValueError((a, b))
        shape.append(max(one, other) if one and other else 0)
    return tuple(shape)


# %% wrong="broadcast_shape: never refuses"
def broadcast_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """The shape that broadcasting makes of two shapes; ValueError when they do not go together."""
    axes = max(len(a), len(b))
    a, b = (1,) * (axes - len(a)) + tuple(a), (1,) * (axes - len(b)) + tuple(b)
    for one, other in zip(a, b, strict=True):
        if one < 0:
            raise ValueError(f"{a} and {b} do not go together")
    return tuple(other if one == 1 else one for one, other in zip(a, b, strict=True))


# %% wrong="broadcast_shape: asks torch"
def broadcast_shape(a, b):
    try:
        return tuple(torch.broadcast_shapes(a, b))
    except RuntimeError as error:
        raise ValueError(str(error)) from None


# %% wrong="broadcast_shape: a RuntimeError"
def broadcast_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """The shape that broadcasting makes of two shapes; ValueError when they do not go together."""
    axes = max(len(a), len(b))
    a, b = (1,) * (axes - len(a)) + tuple(a), (1,) * (axes - len(b)) + tuple(b)
    for one, other in zip(a, b, strict=True):
        if one != other and 1 not in (one, other):
            raise RuntimeError(f"{a} and {b} do not go together")
    return tuple(other if one == 1 else one for one, other in zip(a, b, strict=True))


# %% equivalent="broadcast_shape: both shapes are treated alike"
# - axes = max(len(a), len(b))
# + axes = max(len(b), len(a))


# %% equivalent="broadcast_shape: both shapes are treated alike, case 2"
# - a, b = ((1,) * (axes - len(a)) + tuple(a), (1,) * (axes - len(b)) + tuple(b))
# + a, b = ((1,) * (axes - len(b)) + tuple(b), (1,) * (axes - len(a)) + tuple(a))


# %% equivalent="broadcast_shape: both shapes are treated alike, case 3"
# - for one, other in zip(a, b, strict=True):
# + for one, other in zip(b, a, strict=True):


# %% equivalent="broadcast_shape: both shapes are treated alike, case 4"
# - return tuple((other if one == 1 else one for one, other in zip(a, b, strict=True)))
# + return tuple((other if one == 1 else one for one, other in zip(b, a, strict=True)))


# %% equivalent="broadcast_shape: both shapes are treated alike, case 5"
# - if one != other and 1 not in (one, other):
# + if one != other and 1 not in (other, one):


# %% equivalent="broadcast_shape: lengths have no sign, and a tuple is no row of results"
# spoiler: broadcast_shape returns absolute
# spoiler: broadcast_shape takes absolute
# spoiler: broadcast_shape keeps first and last


# %% equivalent="broadcast_shape: both shapes have one length by then"
# - for one, other in zip(a, b, strict=True):
# + for one, other in zip(a, b):


# %% equivalent="broadcast_shape: both shapes have one length by then, case 2"
# - for one, other in zip(a, b, strict=True):
# + for one, other in zip(a, b, strict=False):


# %% equivalent="broadcast_shape: both shapes have one length by then, case 3"
# - return tuple((other if one == 1 else one for one, other in zip(a, b, strict=True)))
# + return tuple((other if one == 1 else one for one, other in zip(a, b)))


# %% equivalent="broadcast_shape: both shapes have one length by then, case 4"
# - return tuple((other if one == 1 else one for one, other in zip(a, b, strict=True)))
# + return tuple((other if one == 1 else one for one, other in zip(a, b, strict=False)))


# %% right="seven_shapes: by reshape and None"
def seven_shapes(x, a, b):
    n, channels, height, width = x.shape
    rows = x.reshape(n, -1)
    planes = x.reshape(n * channels, height, width)
    last = x.permute(0, 2, 3, 1)
    sums = a[:, None] + b[None]
    both = torch.concatenate((a, b))
    pair = torch.cat([a[None], a.flip(0)[None]])
    return rows, planes, last, sums, both, pair, x[:, :1].squeeze(dim=1)


# %% right="seven_shapes: by lists of parts"
def seven_shapes(x, a, b):
    rows = torch.stack([picture.reshape(-1) for picture in x])
    planes = torch.cat(list(x))
    last = x.transpose(1, 2).transpose(2, 3)
    sums = torch.stack([value + b for value in a])
    both = torch.hstack([a, b])
    pair = torch.vstack([a, torch.flip(a, (0,))])
    return rows, planes, last, sums, both, pair, x[:, 0]


# %% wrong="seven_shapes: flattens everything"
def seven_shapes(x: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors rows, planes, last, sums, both, pair and back, as the text above says."""
    rows = x.flatten()
    planes = x.flatten(0, 1)
    last = x.movedim(1, -1)
    sums = a.unsqueeze(1) + b.unsqueeze(0)
    both = torch.cat([a, b])
    pair = torch.stack([a, a.flip(0)])
    back = x[:, :1].squeeze(1)
    return rows, planes, last, sums, both, pair, back


# %% wrong="seven_shapes: reshapes where axes move"
def seven_shapes(x: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors rows, planes, last, sums, both, pair and back, as the text above says."""
    rows = x.flatten(1)
    planes = x.flatten(0, 1)
    last = x.reshape(len(x), *x.shape[2:], x.shape[1])
    sums = a.unsqueeze(1) + b.unsqueeze(0)
    both = torch.cat([a, b])
    pair = torch.stack([a, a.flip(0)])
    back = x[:, :1].squeeze(1)
    return rows, planes, last, sums, both, pair, back


# %% wrong="seven_shapes: exchanges two axes only"
def seven_shapes(x: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors rows, planes, last, sums, both, pair and back, as the text above says."""
    rows = x.flatten(1)
    planes = x.flatten(0, 1)
    last = x.transpose(1, -1)
    sums = a.unsqueeze(1) + b.unsqueeze(0)
    both = torch.cat([a, b])
    pair = torch.stack([a, a.flip(0)])
    back = x[:, :1].squeeze(1)
    return rows, planes, last, sums, both, pair, back


# %% wrong="seven_shapes: row and column exchanged"
def seven_shapes(x: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors rows, planes, last, sums, both, pair and back, as the text above says."""
    rows = x.flatten(1)
    planes = x.flatten(0, 1)
    last = x.movedim(1, -1)
    sums = a.unsqueeze(0) + b.unsqueeze(1)
    both = torch.cat([a, b])
    pair = torch.stack([a, a.flip(0)])
    back = x[:, :1].squeeze(1)
    return rows, planes, last, sums, both, pair, back


# %% wrong="seven_shapes: squeezes every axis"
def seven_shapes(x: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors rows, planes, last, sums, both, pair and back, as the text above says."""
    rows = x.flatten(1)
    planes = x.flatten(0, 1)
    last = x.movedim(1, -1)
    sums = a.unsqueeze(1) + b.unsqueeze(0)
    both = torch.cat([a, b])
    pair = torch.stack([a, a.flip(0)])
    back = x[:, :1].squeeze()
    return rows, planes, last, sums, both, pair, back


# %% wrong="seven_shapes: the last channel"
def seven_shapes(x: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors rows, planes, last, sums, both, pair and back, as the text above says."""
    rows = x.flatten(1)
    planes = x.flatten(0, 1)
    last = x.movedim(1, -1)
    sums = a.unsqueeze(1) + b.unsqueeze(0)
    both = torch.cat([a, b])
    pair = torch.stack([a, a.flip(0)])
    back = x[:, -1:].squeeze(1)
    return rows, planes, last, sums, both, pair, back


# %% wrong="seven_shapes: does not reverse"
def seven_shapes(x: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors rows, planes, last, sums, both, pair and back, as the text above says."""
    rows = x.flatten(1)
    planes = x.flatten(0, 1)
    last = x.movedim(1, -1)
    sums = a.unsqueeze(1) + b.unsqueeze(0)
    both = torch.cat([a, b])
    pair = torch.stack([a, a])
    back = x[:, :1].squeeze(1)
    return rows, planes, last, sums, both, pair, back


# %% wrong="seven_shapes: channels before pictures"
def seven_shapes(x: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors rows, planes, last, sums, both, pair and back, as the text above says."""
    rows = x.flatten(1)
    planes = x.transpose(0, 1).flatten(0, 1)
    last = x.movedim(1, -1)
    sums = a.unsqueeze(1) + b.unsqueeze(0)
    both = torch.cat([a, b])
    pair = torch.stack([a, a.flip(0)])
    back = x[:, :1].squeeze(1)
    return rows, planes, last, sums, both, pair, back


# %% right="mosaic: rows glued together"
def mosaic(pictures, columns):
    n, height, width = pictures.shape
    strips = []
    for start in range(0, n, columns):
        strip = torch.cat(list(pictures[start : start + columns]), dim=1)
        blank = pictures.new_zeros(height, columns * width - strip.shape[1])
        strips.append(torch.cat([strip, blank], dim=1))
    return torch.cat(strips)


# %% right="mosaic: by einops"
def mosaic(pictures, columns):
    from einops import rearrange

    missing = -len(pictures) % columns
    padded = torch.cat([pictures, pictures.new_zeros(missing, *pictures.shape[1:])])
    return rearrange(padded, "(r c) h w -> (r h) (c w)", c=columns)


# %% right="mosaic: written onto paper"
def mosaic(pictures, columns):
    n, height, width = pictures.shape
    sheet = torch.zeros((n + columns - 1) // columns * height, columns * width, dtype=pictures.dtype)
    for place, picture in enumerate(pictures):
        row, column = place // columns * height, place % columns * width
        sheet[row : row + height, column : column + width] = picture
    return sheet


# %% wrong="mosaic: reshapes at once"
def mosaic(pictures: torch.Tensor, columns: int) -> torch.Tensor:
    """One sheet of n pictures (n, height, width), so many in each row, blank (0) where they do not fill the last row."""
    n, height, width = pictures.shape
    rows = -(-n // columns)
    blank = pictures.new_zeros(rows * columns - n, height, width)
    table = torch.cat([pictures, blank]).reshape(rows, columns, height, width)
    return table.reshape(rows * height, columns * width)


# %% wrong="mosaic: leaves a full row's remainder out"
def mosaic(pictures: torch.Tensor, columns: int) -> torch.Tensor:
    """One sheet of n pictures (n, height, width), so many in each row, blank (0) where they do not fill the last row."""
    n, height, width = pictures.shape
    rows = n // columns
    blank = 0
    table = pictures[: rows * columns].reshape(rows, columns, height, width)
    return table.permute(0, 2, 1, 3).reshape(rows * height, columns * width)


# %% wrong="mosaic: an empty row too many"
def mosaic(pictures: torch.Tensor, columns: int) -> torch.Tensor:
    """One sheet of n pictures (n, height, width), so many in each row, blank (0) where they do not fill the last row."""
    n, height, width = pictures.shape
    rows = n // columns + 1
    blank = pictures.new_zeros(rows * columns - n, height, width)
    table = torch.cat([pictures, blank]).reshape(rows, columns, height, width)
    return table.permute(0, 2, 1, 3).reshape(rows * height, columns * width)


# %% wrong="mosaic: column by column"
def mosaic(pictures: torch.Tensor, columns: int) -> torch.Tensor:
    """One sheet of n pictures (n, height, width), so many in each row, blank (0) where they do not fill the last row."""
    n, height, width = pictures.shape
    rows = -(-n // columns)
    blank = pictures.new_zeros(rows * columns - n, height, width)
    table = torch.cat([pictures, blank]).reshape(columns, rows, height, width).transpose(0, 1)
    return table.permute(0, 2, 1, 3).reshape(rows * height, columns * width)


# %% wrong="mosaic: height for width"
def mosaic(pictures: torch.Tensor, columns: int) -> torch.Tensor:
    """One sheet of n pictures (n, height, width), so many in each row, blank (0) where they do not fill the last row."""
    n, height, width = pictures.shape
    rows = -(-n // columns)
    blank = pictures.new_zeros(rows * columns - n, height, width)
    table = torch.cat([pictures, blank]).reshape(rows, columns, height, width)
    return table.permute(0, 2, 1, 3).reshape(rows * width, columns * height)


# %% wrong="mosaic: repeats the last picture"
def mosaic(pictures: torch.Tensor, columns: int) -> torch.Tensor:
    """One sheet of n pictures (n, height, width), so many in each row, blank (0) where they do not fill the last row."""
    n, height, width = pictures.shape
    rows = -(-n // columns)
    blank = pictures[-1:].repeat(rows * columns - n, 1, 1)
    table = torch.cat([pictures, blank]).reshape(rows, columns, height, width)
    return table.permute(0, 2, 1, 3).reshape(rows * height, columns * width)


# %% wrong="mosaic: blank places first"
def mosaic(pictures: torch.Tensor, columns: int) -> torch.Tensor:
    """One sheet of n pictures (n, height, width), so many in each row, blank (0) where they do not fill the last row."""
    n, height, width = pictures.shape
    rows = -(-n // columns)
    blank = pictures.new_zeros(rows * columns - n, height, width)
    table = torch.cat([blank, pictures]).reshape(rows, columns, height, width)
    return table.permute(0, 2, 1, 3).reshape(rows * height, columns * width)


# %% wrong="mosaic: pictures upside down in their rows"
def mosaic(pictures: torch.Tensor, columns: int) -> torch.Tensor:
    """One sheet of n pictures (n, height, width), so many in each row, blank (0) where they do not fill the last row."""
    n, height, width = pictures.shape
    rows = -(-n // columns)
    blank = pictures.new_zeros(rows * columns - n, height, width)
    table = torch.cat([pictures, blank]).reshape(rows, columns, height, width)
    return table.flip(0).permute(0, 2, 1, 3).reshape(rows * height, columns * width)
