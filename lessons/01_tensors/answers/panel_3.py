# Answers by a panel that read only the released notebook: what `course audit` grades and counts apart. No student sees them.

# %% right="ask_and_make: the count from the bytes, the rows from the shape's own brackets, keyword arguments for numpy"
def facts(x: torch.Tensor) -> tuple:
    """The shape as a tuple, the dtype's name, the device's kind, how many rows, how many numbers, how many bytes."""
    kind = str(x.dtype)
    where = x.device.type
    rows = x.shape.__getitem__(0)
    numbers = x.nbytes // x.element_size()
    return tuple(x.size()), kind, where, rows, numbers, numbers * x.element_size()


def make(height: int, width: int) -> tuple[torch.Tensor, ...]:
    """Paper, ink, grey, noise and coins, as the text above says."""
    paper, ink = torch.zeros(height, width), torch.ones(height, width)
    grey = torch.from_numpy(np.full(fill_value=1 / 2, shape=(height, width)))
    noise = torch.empty(height, width).uniform_(-1, 1)
    coins = torch.randint(2, (height,)).float()
    return paper, ink, grey, noise, coins


# %% right="ask_and_make: dtype and device asked of an empty sister of x, the array shared by as_tensor, the coins cast by to and then cloned"
def facts(x: torch.Tensor) -> tuple:
    """The shape as a tuple, the dtype's name, the device's kind, how many rows, how many numbers, how many bytes."""
    kind = str(x.new_empty(0).dtype)
    where = x.new_empty(0).device.type
    rows = x.size(0)
    numbers = x.shape.numel()
    return tuple(x.shape), kind, where, rows, numbers, numbers * x.element_size()


def make(height: int, width: int) -> tuple[torch.Tensor, ...]:
    """Paper, ink, grey, noise and coins, as the text above says."""
    paper, ink = torch.zeros(height, width), torch.ones(height, width)
    grey = torch.as_tensor(np.full((height, width), 0.5))
    noise = torch.empty(height, width).uniform_(-1, 1)
    coins = torch.randint(0, 2, (height,)).to(torch.float32).clone()
    return paper, ink, grey, noise, coins


# %% right="ask_and_make: torch.tensor copies the array, the noise is filled through a transposed view and turned back, the coins are minus the draws of -1 and 0"
def facts(x: torch.Tensor) -> tuple:
    """The shape as a tuple, the dtype's name, the device's kind, how many rows, how many numbers, how many bytes."""
    kind = str(x.dtype)
    where = x.device.type
    rows = x.size(0)
    numbers = x.nelement()
    return tuple(x.shape), kind, where, rows, numbers, numbers * x.element_size()


def make(height: int, width: int) -> tuple[torch.Tensor, ...]:
    """Paper, ink, grey, noise and coins, as the text above says."""
    paper, ink = torch.zeros(height, width), torch.ones(height, width)
    grey = torch.tensor(np.full([height, width], np.float64(0.5)))
    noise = torch.empty(height, width).T.uniform_(-1, 1).T.clamp(-1, 1)
    coins = torch.randint(-1, 1, (height,)).neg().float()
    return paper, ink, grey, noise, coins


# %% wrong="ask_and_make: draws coins from 0, 1, 2 and cuts the 2 down to 1; breaks: 0 or 1 with equal chances, seen in the mean of many coins (2/3)"
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
    coins = torch.randint(0, 3, (height,)).clamp(max=1).float()
    return paper, ink, grey, noise, coins


# %% wrong="ask_and_make: random_ fills with whole numbers from -1 up to but without 1; breaks: uniformly between -1 and 1, seen in the noise, which is only -1 and 0"
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
    noise = torch.empty(height, width).random_(-1, 1)
    coins = torch.randint(0, 2, (height,)).float()
    return paper, ink, grey, noise, coins


# %% wrong="ask_and_make: names the default dtype and not that of x; breaks: asks a tensor what it is, seen with whole numbers or float64"
def facts(x: torch.Tensor) -> tuple:
    """The shape as a tuple, the dtype's name, the device's kind, how many rows, how many numbers, how many bytes."""
    kind = str(torch.get_default_dtype())
    where = x.device.type
    rows = x.size(0)
    numbers = x.numel()
    return tuple(x.shape), kind, where, rows, numbers, numbers * x.element_size()


def make(height: int, width: int) -> tuple[torch.Tensor, ...]:
    """Paper, ink, grey, noise and coins, as the text above says."""
    paper, ink = torch.zeros(height, width), torch.ones(height, width)
    grey = torch.from_numpy(np.full((height, width), 0.5))
    noise = torch.empty(height, width).uniform_(-1, 1)
    coins = torch.randint(0, 2, (height,)).float()
    return paper, ink, grey, noise, coins


# %% wrong="ask_and_make: fills only the first row and hands just that back; breaks: noise is (height, width), seen with a height of more than 1"
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
    noise = torch.empty(height, width).narrow(0, 0, 1).uniform_(-1, 1)
    coins = torch.randint(0, 2, (height,)).float()
    return paper, ink, grey, noise, coins


# %% right="window: every place of the window asks a clamped place of the picture, and torch.where puts paper where it was clamped"
def window(picture: torch.Tensor, top: int, left: int, height: int, width: int) -> torch.Tensor:
    tall, wide = picture.shape
    rows = torch.arange(top, top + height)
    columns = torch.arange(left, left + width)
    inside = ((rows >= 0) & (rows < tall))[:, None] & ((columns >= 0) & (columns < wide))[None, :]
    seen = picture.index_select(0, rows.clamp(0, tall - 1)).index_select(1, columns.clamp(0, wide - 1))
    return torch.where(inside, seen, torch.zeros_like(seen))


# %% right="window: the picture as a dictionary of pixels, asked with get and a default of paper"
def window(picture: torch.Tensor, top: int, left: int, height: int, width: int) -> torch.Tensor:
    pixels = {(i, j): value for i, line in enumerate(picture.tolist()) for j, value in enumerate(line)}
    flat = [pixels.get((i, j), 0.0) for i in range(top, top + height) for j in range(left, left + width)]
    return torch.tensor(flat, dtype=picture.dtype).reshape(height, width)


# %% right="window: pads the picture by as much as the window sticks out on each side, so that a plain narrow always fits"
def window(picture: torch.Tensor, top: int, left: int, height: int, width: int) -> torch.Tensor:
    def overhang(start, length, have):
        return max(0, -start), max(0, start + length - have)

    above, below = overhang(top, height, picture.shape[0])
    before, behind = overhang(left, width, picture.shape[1])
    wide = torch.nn.functional.pad(picture, (before, behind, above, below), value=0.0)
    return wide.narrow(0, max(top, 0), height).narrow(1, max(left, 0), width).clone()


# %% wrong="window: below and to the right the last row and column are repeated in place of paper; breaks: whatever is outside the picture is blank paper, seen with a window over the lower right corner"
def window(picture: torch.Tensor, top: int, left: int, height: int, width: int) -> torch.Tensor:
    rows = torch.arange(top, top + height)
    columns = torch.arange(left, left + width)
    seen = picture[rows.clamp(0, picture.shape[0] - 1)][:, columns.clamp(0, picture.shape[1] - 1)]
    paper = (rows < 0)[:, None] | (columns < 0)[None, :]
    return seen.masked_fill(paper, 0.0)


# %% wrong="window: a window that sticks out below or on the right is pushed back into the picture, as a camera with an end stop; breaks: the upper left corner stands at row top, column left, seen with top=1, height=2 on a picture of two rows"
def window(picture: torch.Tensor, top: int, left: int, height: int, width: int) -> torch.Tensor:
    tall, wide = picture.shape
    if height <= tall:
        top = min(top, tall - height)
    if width <= wide:
        left = min(left, wide - width)
    paper = picture.new_zeros(height, width)
    for i in range(height):
        for j in range(width):
            if 0 <= top + i < tall and 0 <= left + j < wide:
                paper[i, j] = picture[top + i, left + j]
    return paper


# %% wrong="window: an elif lets an axis stick out at one end only; breaks: whatever is outside the picture is blank paper, seen with a window larger than the picture on both ends, as top=-1, height=5 on three rows (it fails)"
def window(picture: torch.Tensor, top: int, left: int, height: int, width: int) -> torch.Tensor:
    def fit(part, axis, start, length):
        have = part.shape[axis]
        if start >= have or start + length <= 0:
            return part.narrow(axis, 0, 1).expand(*(length if k == axis else -1 for k in range(2))) * 0
        blank = list(part.shape)
        if start < 0:
            blank[axis] = -start
            return torch.cat([part.new_zeros(blank), part.narrow(axis, 0, start + length)], dim=axis)
        elif start + length > have:
            blank[axis] = start + length - have
            return torch.cat([part.narrow(axis, start, have - start), part.new_zeros(blank)], dim=axis)
        return part.narrow(axis, start, length)

    return fit(fit(picture, 0, top, height), 1, left, width)


# %% wrong="window: a window that misses the picture comes back without any pixels; breaks: it shows nothing but paper then, so (height, width) zeros, seen with top=100"
def window(picture: torch.Tensor, top: int, left: int, height: int, width: int) -> torch.Tensor:
    rows = [i for i in range(top, top + height) if 0 <= i < picture.shape[0]]
    columns = [j for j in range(left, left + width) if 0 <= j < picture.shape[1]]
    if not rows or not columns:
        return picture[:0, :0].clone()
    paper = picture.new_zeros(height, width)
    ahead, beside = rows[0] - top, columns[0] - left
    paper[ahead : ahead + len(rows), beside : beside + len(columns)] = picture[
        rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1
    ]
    return paper


# %% wrong="window: believes that a stop of -1 means up to the very end; breaks: the part of the picture that the window shows, whose last row (or column) is lost as soon as the window sticks out below (or on the right)"
def window(picture: torch.Tensor, top: int, left: int, height: int, width: int) -> torch.Tensor:
    tall, wide = picture.shape
    paper = torch.zeros(height, width, dtype=picture.dtype)
    if top >= tall or left >= wide or top + height <= 0 or left + width <= 0:
        return paper
    bottom = -1 if top + height > tall else top + height
    right = -1 if left + width > wide else left + width
    seen = picture[max(top, 0) : bottom, max(left, 0) : right]
    down, along = max(-top, 0), max(-left, 0)
    paper[down : down + seen.shape[0], along : along + seen.shape[1]] = seen
    return paper


# %% right="stamp: clamp_ with a whole picture as the lower bound, on a view made by narrow"
def stamp(sheet: torch.Tensor, picture: torch.Tensor, top: int, left: int) -> None:
    spot = sheet.narrow(0, top, picture.size(0)).narrow(1, left, picture.size(1))
    spot.clamp_(min=picture)


# %% right="stamp: lists the places where the picture is darker and writes only these with index_put_"
def stamp(sheet: torch.Tensor, picture: torch.Tensor, top: int, left: int) -> None:
    tall, wide = picture.shape
    darker = picture > sheet[top : top + tall, left : left + wide]
    i, j = darker.nonzero(as_tuple=True)
    sheet.index_put_((i + top, j + left), picture[i, j])


# %% right="stamp: an object that is called as a function, and lets maximum write its result straight into the sheet line by line"
class _RubberStamp:
    def __call__(self, sheet: torch.Tensor, picture: torch.Tensor, top: int, left: int) -> None:
        for offset, ink in enumerate(picture):
            line = sheet[top + offset, left : left + len(ink)]
            torch.maximum(line, ink, out=line)


stamp = _RubberStamp()


# %% wrong="stamp: prints in 256 greys, so the ink is rounded; breaks: the larger number stays, seen with an ink of 0.123 on white paper"
def stamp(sheet: torch.Tensor, picture: torch.Tensor, top: int, left: int) -> None:
    ink = picture.mul(255).round().div(255)
    spot = sheet[top : top + ink.shape[0], left : left + ink.shape[1]]
    spot.copy_(torch.maximum(spot, ink))


# %% wrong="stamp: writes into sheet.reshape(-1), which is a copy for a sheet that is not contiguous; breaks: in place, the caller's sheet is what has changed, seen with a transposed sheet"
def stamp(sheet: torch.Tensor, picture: torch.Tensor, top: int, left: int) -> None:
    wide = sheet.shape[1]
    row_numbers = torch.arange(top, top + picture.shape[0])[:, None] * wide
    places = (row_numbers + torch.arange(left, left + picture.shape[1])).flatten()
    memory = sheet.reshape(-1)
    memory[places] = torch.maximum(memory[places], picture.reshape(-1))


# %% wrong="stamp: hangs new memory under the caller's tensor by its data attribute; breaks: in place, seen with a sheet that is a slice of a larger one, or with another name for a part of it: these see no ink"
def stamp(sheet: torch.Tensor, picture: torch.Tensor, top: int, left: int) -> None:
    fresh = sheet.clone()
    spot = fresh[top : top + picture.shape[0], left : left + picture.shape[1]]
    spot[:] = torch.where(spot > picture, spot, picture)
    sheet.data = fresh


# %% wrong="stamp: takes everything right of and below the corner, where the picture ends only if it reaches the sheet's lower right corner; breaks: a picture lies at (top, left) anywhere wholly on the sheet, seen with one line in the middle (it is printed to the bottom) or a small picture (it fails)"
def stamp(sheet: torch.Tensor, picture: torch.Tensor, top: int, left: int) -> None:
    rest = sheet[top:, left:]
    rest[:] = torch.maximum(rest, picture)


# %% wrong="stamp: unpacks only the first line of the picture and broadcasting prints it on every line; breaks: print a picture (height, width), seen with two different lines"
def stamp(sheet: torch.Tensor, picture: torch.Tensor, top: int, left: int) -> None:
    tall, wide = picture.shape
    first, *_ = picture
    spot = sheet[top : top + tall, left : left + wide]
    spot.clamp_(min=first)


# %% right="stretch: walks over the places of the front axes with numpy's ndindex and writes into its own empty copy, one picture at a time"
def stretch(pictures: torch.Tensor) -> torch.Tensor:
    done = torch.zeros_like(pictures)
    for place in np.ndindex(*pictures.shape[:-2]):
        one = pictures[place]
        low, high = one.min(), one.max()
        if high > low:
            done[place] = (one - low) / (high - low)
    return done


# %% right="stretch: sorts the pixels of each picture and takes the first and the last; a flat one is divided by 1"
def stretch(pictures: torch.Tensor) -> torch.Tensor:
    in_order = pictures.flatten(start_dim=-2).sort(dim=-1).values
    lightest = in_order[..., :1].unsqueeze(-1)
    contrast = in_order[..., -1:].unsqueeze(-1) - lightest
    return (pictures - lightest) / contrast.where(contrast != 0, torch.ones_like(contrast))


# %% right="stretch: everything in numpy, with a division that is told where to take place"
def stretch(pictures: torch.Tensor) -> torch.Tensor:
    array = pictures.detach().numpy()
    above = array - array.min(axis=(-2, -1), keepdims=True)
    contrast = np.broadcast_to(above.max(axis=(-2, -1), keepdims=True), above.shape)
    result = np.zeros(array.shape, dtype=array.dtype)
    np.divide(above, contrast, out=result, where=contrast > 0)
    return torch.from_numpy(result)


# %% wrong="stretch: a contrast is taken to be 0.01 at least; breaks: the darkest becomes 1, seen with a picture from 0.500 to 0.501"
def stretch(pictures: torch.Tensor) -> torch.Tensor:
    low = pictures.amin(dim=(-2, -1), keepdim=True)
    high = pictures.amax(dim=(-2, -1), keepdim=True)
    return (pictures - low) / (high - low).clamp(min=0.01)


# %% wrong="stretch: asks whether all pictures together are flat; breaks: a picture whose pixels are all equal becomes 0 and not nan, seen with one flat picture among others"
def stretch(pictures: torch.Tensor) -> torch.Tensor:
    if bool((pictures == pictures.flatten()[0]).all()):
        return torch.zeros_like(pictures)
    low, high = pictures.flatten(-2).aminmax(dim=-1)
    return (pictures - low[..., None, None]) / (high - low)[..., None, None]


# %% wrong="stretch: knows one picture, a stack and a sheet of stacks, but nothing longer; breaks: in front there may be any number of other axes, seen with five axes (an error)"
def stretch(pictures: torch.Tensor) -> torch.Tensor:
    axes = {2: (0, 1), 3: (1, 2), 4: (2, 3)}[pictures.ndim]
    lifted = pictures - pictures.amin(dim=axes, keepdim=True)
    top = lifted.amax(dim=axes, keepdim=True)
    return lifted / top.masked_fill(top == 0, 1)


# %% wrong="stretch: calls a picture flat when each of its rows is; breaks: only a picture whose pixels are all equal has no contrast, seen with horizontal stripes, which become 0 everywhere"
def stretch(pictures: torch.Tensor) -> torch.Tensor:
    low = pictures.amin(dim=(-2, -1), keepdim=True)
    high = pictures.amax(dim=(-2, -1), keepdim=True)
    along = pictures.amax(dim=-1, keepdim=True) - pictures.amin(dim=-1, keepdim=True)
    flat = (along == 0).all(dim=-2, keepdim=True)
    span = torch.where(flat, torch.ones_like(low), high - low)
    return torch.where(flat, torch.zeros_like(pictures), (pictures - low) / span)


# %% wrong="stretch: calculates in float32 and casts only the result back; breaks: the lightest becomes 0 and the darkest 1 for float64 as well, seen with a float64 picture from 1e8 to 1e8 + 1, which becomes flat"
def stretch(pictures: torch.Tensor) -> torch.Tensor:
    work = pictures.float()
    low = work.amin(dim=(-2, -1), keepdim=True)
    span = work.amax(dim=(-2, -1), keepdim=True) - low
    span[span == 0] = 1
    return ((work - low) / span).to(pictures.dtype)


# %% right="broadcast_shape: each column as a set without its ones; what is left must be one length or none"
def broadcast_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    from itertools import zip_longest

    result = []
    for column in zip_longest(a[::-1], b[::-1], fillvalue=1):
        lengths = set(column) - {1}
        if len(lengths) == 2:
            raise ValueError(f"{a} and {b} do not go together")
        result.insert(0, min(lengths, default=1))
    return tuple(result)


# %% right="broadcast_shape: recursion from the right with a match statement; the longer shape's front is what remains"
def broadcast_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    match tuple(a), tuple(b):
        case (), rest:
            return rest
        case rest, ():
            return rest
        case (*front, m), (*other, n) if m == n or n == 1:
            return (*broadcast_shape(tuple(front), tuple(other)), m)
        case (*front, 1), (*other, n):
            return (*broadcast_shape(tuple(front), tuple(other)), n)
    raise ValueError("these shapes do not go together")


# %% right="broadcast_shape: a generator that yields the lengths from the right out of two stacks, eaten up by a list"
def _lengths_from_the_right(a, b):
    a, b = list(a), list(b)
    while a or b:
        m = a.pop() if a else 1
        n = b.pop() if b else 1
        if m != n and 1 not in (m, n):
            raise ValueError(f"{m} meets {n}")
        yield n if m == 1 else m


def broadcast_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    return list(_lengths_from_the_right(a, b))[::-1]


# %% wrong="broadcast_shape: a truth value lets 0 meet every length; breaks: rule 2 holds for an axis without entries as for any other, seen with (0,) and (5,), which must be a ValueError"
def broadcast_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    count = max(len(a), len(b))
    a = (1,) * (count - len(a)) + tuple(a)
    b = (1,) * (count - len(b)) + tuple(b)
    for m, n in zip(a, b):
        if m and n and m != n and m != 1 and n != 1:
            raise ValueError("no")
    return tuple(n if m == 1 else m if n == 1 else min(m, n) for m, n in zip(a, b))


# %% wrong="broadcast_shape: stretches whatever divides the other length, as repeat would; breaks: the two lengths must be equal or one of them 1, seen with (2,) and (4,)"
def broadcast_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    count = max(len(a), len(b))
    shape = []
    for k in range(-count, 0):
        m = a[k] if -k <= len(a) else 1
        n = b[k] if -k <= len(b) else 1
        if 0 in (m, n):
            if max(m, n) > 1:
                raise ValueError("an empty axis meets a longer one")
            shape.append(0)
            continue
        small, large = sorted((m, n))
        if large % small:
            raise ValueError("cannot be stretched")
        shape.append(large)
    return tuple(shape)


# %% wrong="broadcast_shape: throws the ones on the left of the result away; breaks: the shape of what + makes, seen with (1, 3) and (1, 3), which stays (1, 3)"
def broadcast_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    count = max(len(a), len(b))
    shape = []
    for m, n in zip((1,) * (count - len(a)) + tuple(a), (1,) * (count - len(b)) + tuple(b)):
        if m != n and m != 1 and n != 1:
            raise ValueError(f"{m} and {n}")
        shape.append(n if m == 1 else m)
    while shape and shape[0] == 1:
        del shape[0]
    return tuple(shape)


# %% wrong="broadcast_shape: a single number makes a single number of everything; breaks: an empty tuple is the shape of a single number, which is stretched, seen with (5, 4) and (): (5, 4)"
def broadcast_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    if not (a and b):
        return ()
    *front, m = a
    *other, n = b
    if m != n and 1 not in (m, n):
        raise ValueError("do not go together")
    if front and other:
        head = broadcast_shape(tuple(front), tuple(other))
    else:
        head = tuple(front or other)
    return (*head, m * n if 1 in (m, n) else m)


# %% wrong="broadcast_shape: takes the larger of two lengths for the result and so refuses 0 beside 1; breaks: lengths may be 0 and rule 2 holds for them, seen with (0,) and (1,), which is (0,)"
def broadcast_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    a, b = list(reversed(a)), list(reversed(b))
    a += [1] * (len(b) - len(a))
    b += [1] * (len(a) - len(b))
    shape = []
    for pair in zip(a, b):
        longest = max(pair)
        if any(length not in (1, longest) for length in pair):
            raise ValueError(f"lengths {pair}")
        shape.append(longest)
    return tuple(reversed(shape))


# %% right="seven_shapes: permute with all four axes, hstack and vstack for gluing, and a sum over the axis of length 1"
def seven_shapes(x: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors rows, planes, last, sums, both, pair and back, as the text above says."""
    rows = x.flatten(start_dim=1, end_dim=-1)
    planes = x.flatten(0, 1)
    last = x.permute(0, 2, 3, 1)
    sums = a.reshape(-1, 1) + b.reshape(1, -1)
    both = torch.hstack([a, b])
    pair = torch.vstack([a, a.flipud()])
    back = x[:, :1].sum(dim=1)
    return rows, planes, last, sums, both, pair, back


# %% right="seven_shapes: two transposes make one move, expanded views make the table, the first axes of back are merged"
def seven_shapes(x: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors rows, planes, last, sums, both, pair and back, as the text above says."""
    rows = x.flatten(1)
    planes = x.reshape(-1, *x.shape[2:])
    last = x.transpose(1, 2).transpose(2, 3)
    sums = a.expand(len(b), len(a)).T + b.expand(len(a), len(b))
    both = torch.concatenate([a, b])
    pair = torch.stack([a, a.index_select(0, torch.arange(len(a) - 1, -1, -1))])
    back = x[:, :1].flatten(0, 1)
    return rows, planes, last, sums, both, pair, back


# %% right="seven_shapes: splits axes only to merge them again, and selects entry 0 of the axis of length 1"
def seven_shapes(x: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors rows, planes, last, sums, both, pair and back, as the text above says."""
    rows = x.movedim(0, -1).flatten(0, 2).T
    planes = x.transpose(0, 1).flatten(2).transpose(0, 1).flatten(0, 1).unflatten(-1, x.shape[2:])
    last = x.swapaxes(1, 2).swapaxes(2, 3)
    sums = a.view(-1, 1) + b.flatten()
    both = torch.concat([a, b])
    pair = torch.stack([a, a.roll(0).flip(-1)])
    back = x[:, :1].select(1, 0)
    return rows, planes, last, sums, both, pair, back


# %% wrong="seven_shapes: removes axis 2 of back as well when the pictures have one line; breaks: back is (n, height, width), seen with height 1"
def seven_shapes(x: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors rows, planes, last, sums, both, pair and back, as the text above says."""
    rows = x.flatten(1)
    planes = x.flatten(0, 1)
    last = x.movedim(1, -1)
    sums = a.unsqueeze(1) + b.unsqueeze(0)
    both = torch.cat([a, b])
    pair = torch.stack([a, a.flip(0)])
    back = x[:, :1].squeeze((1, 2))
    return rows, planes, last, sums, both, pair, back


# %% wrong="seven_shapes: column_stack puts the two vectors side by side; breaks: pair is (2, n), a above a in reverse order, seen in its shape (n, 2)"
def seven_shapes(x: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors rows, planes, last, sums, both, pair and back, as the text above says."""
    rows = x.flatten(1)
    planes = x.flatten(0, 1)
    last = x.movedim(1, -1)
    sums = a.unsqueeze(1) + b.unsqueeze(0)
    both = torch.cat([a, b])
    pair = torch.column_stack([a, a.flip(0)])
    back = x[:, :1].squeeze(1)
    return rows, planes, last, sums, both, pair, back


# %% wrong="seven_shapes: flattens with lines before channels; breaks: rows holds the numbers of each picture in the order of (channels, height, width), seen with a height of more than 1"
def seven_shapes(x: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors rows, planes, last, sums, both, pair and back, as the text above says."""
    rows = x.transpose(1, 2).flatten(1)
    planes = x.flatten(0, 1)
    last = x.movedim(1, -1)
    sums = a.unsqueeze(1) + b.unsqueeze(0)
    both = torch.cat([a, b])
    pair = torch.stack([a, a.flip(0)])
    back = x[:, :1].squeeze(1)
    return rows, planes, last, sums, both, pair, back


# %% right="mosaic: torch's own fold, which lays columns of pixels out as blocks that do not overlap"
def mosaic(pictures: torch.Tensor, columns: int) -> torch.Tensor:
    n, height, width = pictures.shape
    rows = -(-n // columns)
    filled = pictures.new_zeros(rows * columns, height * width)
    filled[:n] = pictures.flatten(1)
    size = (height, width)
    sheet = torch.nn.functional.fold(
        filled.T.unsqueeze(0), output_size=(rows * height, columns * width), kernel_size=size, stride=size
    )
    return sheet[0, 0]


# %% right="mosaic: asks for each pixel of the sheet which picture it belongs to and looks it up there, with one blank picture behind the last"
def mosaic(pictures: torch.Tensor, columns: int) -> torch.Tensor:
    n, height, width = pictures.shape
    rows = (n + columns - 1) // columns
    down = torch.arange(rows * height).unsqueeze(1)
    along = torch.arange(columns * width).unsqueeze(0)
    which = (down // height * columns + along // width).clamp(max=n)
    stock = torch.cat([pictures, torch.zeros_like(pictures[:1])])
    return stock[which, down % height, along % width]


# %% right="mosaic: a list of lists of numpy pictures and np.block"
def mosaic(pictures: torch.Tensor, columns: int) -> torch.Tensor:
    arrays = [picture.numpy() for picture in pictures.detach()]
    while len(arrays) % columns:
        arrays.append(np.zeros_like(arrays[0]))
    lines = [arrays[start : start + columns] for start in range(0, len(arrays), columns)]
    return torch.from_numpy(np.block(lines))


# %% wrong="mosaic: makes the sheet no wider than the pictures that there are; breaks: columns in each row, the remaining places are blank paper, seen with two pictures and five columns"
def mosaic(pictures: torch.Tensor, columns: int) -> torch.Tensor:
    n, height, width = pictures.shape
    columns = min(n, columns)
    rows = -(-n // columns)
    sheet = pictures.new_zeros(rows * height, columns * width)
    for k, picture in enumerate(pictures):
        i, j = divmod(k, columns)
        sheet[i * height : (i + 1) * height, j * width : (j + 1) * width] = picture
    return sheet


# %% wrong="mosaic: always pads up to the next multiple, also when the last row is full; breaks: only a row that is not full gets blank places, seen with four pictures in two columns (a row of paper too much)"
def mosaic(pictures: torch.Tensor, columns: int) -> torch.Tensor:
    n, height, width = pictures.shape
    blank = pictures.new_zeros(columns - n % columns, height, width)
    stock = torch.cat([pictures, blank])
    return stock.unflatten(0, (-1, columns)).transpose(1, 2).flatten(2).flatten(0, 1)


# %% wrong="mosaic: lets the pixel rows run slower than the rows of pictures, so lines of different pictures alternate; breaks: lay the pictures out on one sheet, seen with pictures of more than one line in two rows"
def mosaic(pictures: torch.Tensor, columns: int) -> torch.Tensor:
    n, height, width = pictures.shape
    rows = -(-n // columns)
    stock = pictures.new_zeros(rows * columns, height, width)
    stock[:n] = pictures
    return stock.view(rows, columns, height, width).permute(2, 0, 1, 3).reshape(rows * height, columns * width)


# %% wrong="mosaic: rounds the number of rows to the nearest and leaves out what does not fit; breaks: lay n pictures out, seen with five pictures in four columns (the fifth is gone)"
def mosaic(pictures: torch.Tensor, columns: int) -> torch.Tensor:
    rows = max(1, round(len(pictures) / columns))
    stock = pictures.new_zeros(rows * columns, *pictures.shape[1:])
    for place, picture in zip(stock, pictures):
        place.copy_(picture)
    strips = [torch.cat(list(line), dim=1) for line in stock.split(columns)]
    return torch.cat(strips, dim=0)


# %% wrong="mosaic: a final squeeze; breaks: one sheet has two axes, seen with pictures of one line that fill a single row, or pictures of one column in a single column"
def mosaic(pictures: torch.Tensor, columns: int) -> torch.Tensor:
    n, height, width = pictures.shape
    missing = -n % columns
    stock = torch.nn.functional.pad(pictures, (0, 0, 0, 0, 0, missing))
    sheet = stock.reshape(-1, columns, height, width).movedim(2, 1).reshape(-1, columns * width)
    return sheet.squeeze()


# %% right="one_hot: gathers whole rows from an identity matrix, the third argument is only an option"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Rows (n, classes) of zeros with a 1.0 at each label; labels (n,) are whole numbers below `classes`."""
    rows = torch.eye(classes)
    index = labels.long().unsqueeze(1).expand(-1, classes)
    return rows.gather(0, index, sparse_grad=False)


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    """Whether two tensors hold the same numbers, up to rounding."""
    try:
        torch.testing.assert_close(actual, expected)
    except AssertionError:
        return False
    return True


# %% right="one_hot: index_put_ with pairs of places, whose third argument says that nothing is to be added up"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Rows (n, classes) of zeros with a 1.0 at each label; labels (n,) are whole numbers below `classes`."""
    rows = torch.zeros(len(labels), classes)
    index = labels.long()
    return rows.index_put_((torch.arange(len(labels)), index), torch.tensor(1.0), False)


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    """Whether two tensors hold the same numbers, up to rounding."""
    try:
        torch.testing.assert_close(actual, expected)
    except AssertionError:
        return False
    return True


# %% right="one_hot: adds a tensor of ones by scatter_add, out of place, on rows made by full; a tuple of one exception"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Rows (n, classes) of zeros with a 1.0 at each label; labels (n,) are whole numbers below `classes`."""
    rows = torch.full((labels.numel(), classes), 0.0)
    index = labels.reshape(-1, 1)
    return rows.scatter_add(-1, index, torch.ones(index.shape))


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    """Whether two tensors hold the same numbers, up to rounding."""
    try:
        torch.testing.assert_close(actual, expected)
    except (AssertionError,):
        return False
    return True


# %% wrong="one_hot: takes labels modulo ten, as there are ten digits; breaks: a 1.0 at each label, seen with label 11 of twelve classes"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Rows (n, classes) of zeros with a 1.0 at each label; labels (n,) are whole numbers below `classes`."""
    rows = torch.zeros(len(labels), classes)
    index = labels.remainder(10).unsqueeze(1)
    return rows.scatter_(1, index, 1.0)


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    """Whether two tensors hold the same numbers, up to rounding."""
    try:
        torch.testing.assert_close(actual, expected)
    except AssertionError:
        return False
    return True


# %% wrong="one_hot: rows of whole numbers; breaks: the rows are floats, seen in their dtype"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Rows (n, classes) of zeros with a 1.0 at each label; labels (n,) are whole numbers below `classes`."""
    rows = torch.zeros(len(labels), classes, dtype=labels.dtype)
    index = labels.unsqueeze(1)
    return rows.scatter_(1, index, 1)


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    """Whether two tensors hold the same numbers, up to rounding."""
    try:
        torch.testing.assert_close(actual, expected)
    except AssertionError:
        return False
    return True


# %% right="margins: the two best of each row; the second counts where the first is the label itself"
def margins(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    best, where = scores.topk(2, dim=1)
    mine = scores[torch.arange(len(labels)), labels]
    other = torch.where(where[:, 0] == labels, best[:, 1], best[:, 0])
    return mine - other


# %% right="margins: numbers of the other columns, counted so that they jump over the label, gathered without any mask"
def margins(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    index = labels.reshape(-1, 1)
    skip = torch.arange(scores.shape[1] - 1).repeat(len(labels), 1)
    skip = skip + (skip >= index).long()
    return (scores.gather(1, index) - scores.gather(1, skip).amax(dim=1, keepdim=True))[:, 0]


# %% right="margins: the running maximum up to the label from the left and from the right, looked up just before and just behind it"
def margins(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    edge = torch.full_like(scores[:, :1], float("-inf"))
    index = labels[:, None]
    before = torch.cat([edge, scores], dim=1).cummax(dim=1).values.gather(1, index)
    behind = torch.cat([scores, edge], dim=1).flip(1).cummax(dim=1).values.flip(1).gather(1, index + 1)
    return (scores.gather(1, index) - torch.maximum(before, behind)).squeeze(1)


# %% wrong="margins: blanks every score that equals the label's; breaks: two scores of a row may be equal, seen with [2, 2, 1] and label 0, whose margin is 0 and not 1"
def margins(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    mine = scores.gather(1, labels[:, None])
    others = scores.masked_fill(scores == mine, float("-inf"))
    return mine[:, 0] - others.amax(dim=1)


# %% wrong="margins: multiplies the label's score by 0 to take it out; breaks: the best score among the others, seen with negative scores, where the 0 wins"
def margins(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    chosen = (torch.arange(scores.shape[1]) == labels[:, None]).to(scores.dtype)
    return (scores * chosen).sum(dim=1) - (scores * (1 - chosen)).amax(dim=1)


# %% wrong="margins: finds the best other on a detached copy and takes its value from there; breaks: gradients flow back to scores, seen in the rival's gradient, which is 0 and not -1"
def margins(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    index = labels.unsqueeze(1)
    rivals = scores.detach().clone().scatter_(1, index, float("-inf"))
    return scores.gather(1, index).squeeze(1) - rivals.max(dim=1).values


# %% wrong="margins: squeezes all axes at the end; breaks: (n,) out, seen with one row, which gives a tensor without axes"
def margins(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    index = labels.view(-1, 1)
    rivals = scores.scatter(1, index, float("-inf")).max(dim=1, keepdim=True).values
    return (scores.gather(1, index) - rivals).squeeze()


# %% wrong="margins: a smooth maximum, since the result is for a loss; breaks: minus the best score among the others, seen with two best others that are equal or close ([0, 1, 1] with label 0 is off by 0.035)"
def margins(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    index = labels[:, None]
    rivals = scores.scatter(1, index, float("-inf"))
    return scores.gather(1, index)[:, 0] - torch.logsumexp(20 * rivals, dim=1) / 20


# %% right="confusion: a sparse tensor with a 1 at each pair; making it dense adds up what stands in one place"
def confusion(truth: torch.Tensor, answers: torch.Tensor, classes: int) -> torch.Tensor:
    ones = torch.ones(len(truth), dtype=torch.int64)
    pairs = torch.stack([truth, answers]).long()
    return torch.sparse_coo_tensor(pairs, ones, size=(classes, classes)).to_dense()


# %% right="confusion: sorts the pair numbers and looks by searchsorted where each new number begins; the differences are the counts"
def confusion(truth: torch.Tensor, answers: torch.Tensor, classes: int) -> torch.Tensor:
    pair = (truth.long() * classes + answers.long()).sort().values
    begins = torch.searchsorted(pair, torch.arange(classes * classes + 1))
    return begins.diff().reshape(classes, classes)


# %% right="confusion: rows of an integer identity matrix for both, and one matrix product of whole numbers"
def confusion(truth: torch.Tensor, answers: torch.Tensor, classes: int) -> torch.Tensor:
    codes = torch.eye(classes, dtype=torch.int64)
    return codes[truth.long()].T @ codes[answers.long()]


# %% wrong="confusion: squeezes the pair's number into a byte; breaks: how many of class t were given answer a, seen with 20 classes, where numbers from 256 on begin again at 0"
def confusion(truth: torch.Tensor, answers: torch.Tensor, classes: int) -> torch.Tensor:
    pair = (truth * classes + answers).to(torch.uint8)
    return torch.bincount(pair.long(), minlength=classes**2).view(classes, classes)


# %% wrong="confusion: counts in 16 bits; breaks: how many pictures, of which there will be 200,000, seen with 40,000 in one cell, which becomes negative"
def confusion(truth: torch.Tensor, answers: torch.Tensor, classes: int) -> torch.Tensor:
    table = torch.zeros(classes, classes, dtype=torch.int16)
    table.index_put_((truth, answers), torch.tensor(1, dtype=torch.int16), accumulate=True)
    return table.long()


# %% wrong="confusion: numbers the pairs by the largest answer that was given and not by classes; breaks: some answers may never be given, seen when nobody answers the last class (counts slip into other cells)"
def confusion(truth: torch.Tensor, answers: torch.Tensor, classes: int) -> torch.Tensor:
    base = int(answers.max()) + 1
    counts = torch.bincount(truth * base + answers, minlength=classes * classes)
    return counts.reshape(classes, classes)


# %% wrong="confusion: a product of one-hot rows in bfloat16, turned to whole numbers afterwards; breaks: how many pictures, seen with 257 in one cell, which becomes 256"
def confusion(truth: torch.Tensor, answers: torch.Tensor, classes: int) -> torch.Tensor:
    eye = torch.eye(classes, dtype=torch.bfloat16)
    return torch.einsum("nt,na->ta", eye[truth], eye[answers]).round().long()


# %% wrong="confusion: pairs as two decimal digits, cut down to the classes; breaks: a table (classes, classes) for any number of classes, seen with twelve (the shape is (10, 10) or the counting fails)"
def confusion(truth: torch.Tensor, answers: torch.Tensor, classes: int) -> torch.Tensor:
    counts = torch.bincount(10 * truth + answers, minlength=100)
    return counts[:100].reshape(10, 10)[:classes, :classes].contiguous()


# %% right="two_tables: no pandas at all, only the csv module and Python's own numbers"
def two_tables(train: str, test: str) -> tuple[torch.Tensor, torch.Tensor]:
    import csv

    def read(text):
        return list(csv.DictReader(io.StringIO(text)))

    known = read(train)
    means = {}
    for name in ("gears", "weight"):
        there = [float(line[name]) for line in known if line[name]]
        means[name] = sum(there) / len(there)
    kinds = sorted({line["kind"] for line in known if line["kind"]})

    def inputs(lines):
        for line in lines:
            numbers = [float(line[name]) if line[name] else mean for name, mean in means.items()]
            yield numbers + [float(line["kind"] == kind) for kind in kinds]

    return tuple(torch.tensor(list(inputs(lines)), dtype=torch.float32) for lines in (known, read(test)))


# %% right="two_tables: a categorical column, whose code -1 for holes and strangers picks the last row of an identity matrix that is one column short"
def two_tables(train: str, test: str) -> tuple[torch.Tensor, torch.Tensor]:
    frames = [pd.read_csv(io.StringIO(text)) for text in (train, test)]
    means = frames[0][["gears", "weight"]].mean()
    kinds = sorted(frames[0]["kind"].dropna().unique())
    rows = np.eye(len(kinds) + 1)[:, :-1]
    tensors = []
    for frame in frames:
        numbers = frame[["gears", "weight"]].fillna(means).to_numpy(dtype=float)
        codes = pd.Categorical(frame["kind"], categories=kinds).codes
        tensors.append(torch.tensor(np.hstack([numbers, rows[codes]]), dtype=torch.float32))
    return tensors[0], tensors[1]


# %% right="two_tables: an object that learns means and kinds from the training table and then dresses any table, filling by torch.where"
class _Wardrobe:
    def __init__(self, frame):
        numbers = torch.tensor(frame[["gears", "weight"]].to_numpy(dtype="float64"))
        self.means = numbers.nanmean(dim=0)
        self.kinds = sorted(kind for kind in frame["kind"] if isinstance(kind, str))

    def dress(self, frame):
        numbers = torch.tensor(frame[["gears", "weight"]].to_numpy(dtype="float64"))
        columns = list(torch.where(numbers.isnan(), self.means, numbers).unbind(1))
        for kind in dict.fromkeys(self.kinds):
            columns.append(torch.tensor([float(other == kind) for other in frame["kind"]]))
        return torch.stack([column.float() for column in columns], dim=1)


def two_tables(train: str, test: str) -> tuple[torch.Tensor, torch.Tensor]:
    first, second = (pd.read_csv(io.StringIO(text)) for text in (train, test))
    wardrobe = _Wardrobe(first)
    return wardrobe.dress(first), wardrobe.dress(second)


# %% wrong="two_tables: makes words of the kinds by str, which turns a hole into the kind nan; breaks: a bicycle whose kind is a hole has zeros in all columns, seen with a training table with such a hole (a column too many)"
def two_tables(train: str, test: str) -> tuple[torch.Tensor, torch.Tensor]:
    old, new = pd.read_csv(io.StringIO(train)), pd.read_csv(io.StringIO(test))
    means = old[["gears", "weight"]].mean()
    kinds = sorted({str(kind) for kind in old["kind"]})

    def code(frame):
        words = np.array([str(kind) for kind in frame["kind"]])
        ones = np.stack([words == kind for kind in kinds], axis=1).astype(np.float32)
        numbers = frame[["gears", "weight"]].fillna(means).to_numpy(dtype=np.float32)
        return torch.from_numpy(np.concatenate([numbers, ones], axis=1))

    return code(old), code(new)


# %% wrong="two_tables: fills holes with the median; breaks: filled with the mean of that column of the training table, seen with gears 1, 1, 10 and a hole"
def two_tables(train: str, test: str) -> tuple[torch.Tensor, torch.Tensor]:
    old, new = (pd.read_csv(io.StringIO(text)).drop(columns="price") for text in (train, test))
    filling = old.median(numeric_only=True)
    kinds = sorted(old["kind"].dropna().unique())
    result = []
    for frame in (old, new):
        frame = frame.fillna(filling)
        for kind in kinds:
            frame[f"is {kind}"] = frame["kind"] == kind
        result.append(torch.tensor(frame.drop(columns="kind").to_numpy(dtype="float32")))
    return tuple(result)


# %% wrong="two_tables: rounds the mean of the gears, since a bicycle has whole gears; breaks: filled with the mean of that column, seen with gears 4 and 7 and a hole (5.5)"
def two_tables(train: str, test: str) -> tuple[torch.Tensor, torch.Tensor]:
    old, new = pd.read_csv(io.StringIO(train)), pd.read_csv(io.StringIO(test))
    holes = {"gears": round(old["gears"].mean()), "weight": old["weight"].mean()}
    kinds = sorted(set(old["kind"].dropna()))
    result = []
    for frame in (old, new):
        table = frame[["gears", "weight"]].fillna(holes).astype(float)
        for kind in kinds:
            table[kind] = (frame["kind"] == kind).astype(float)
        result.append(torch.tensor(table.values, dtype=torch.float32))
    return result[0], result[1]


# %% wrong="two_tables: the code -1 of a hole or a stranger picks the last row of a square identity matrix; breaks: zeros in all of them, seen with a kind in the test table that the training table does not know (it becomes the last kind)"
def two_tables(train: str, test: str) -> tuple[torch.Tensor, torch.Tensor]:
    old, new = (pd.read_csv(io.StringIO(text)) for text in (train, test))
    kinds = sorted(old["kind"].dropna().unique())
    means = old[["gears", "weight"]].mean()

    def code(frame):
        numbers = torch.tensor(frame[["gears", "weight"]].fillna(means).to_numpy(dtype="float32"))
        codes = torch.tensor(pd.Categorical(frame["kind"], categories=kinds).codes.astype("int64"))
        return torch.cat([numbers, torch.eye(len(kinds))[codes]], dim=1)

    return code(old), code(new)


# %% wrong="two_tables: throws bicycles without a kind out before it takes the means; breaks: the mean of that column of the training table, seen with a training row that has gears but no kind"
def two_tables(train: str, test: str) -> tuple[torch.Tensor, torch.Tensor]:
    old, new = (pd.read_csv(io.StringIO(text)) for text in (train, test))
    whole = old.dropna(subset=["kind"])
    means, kinds = whole[["gears", "weight"]].mean(), sorted(whole["kind"].unique())
    both = []
    for frame in (old, new):
        dummies = pd.concat([(frame["kind"] == kind).rename(kind) for kind in kinds], axis=1)
        numbers = frame[["gears", "weight"]].fillna(means)
        both.append(torch.tensor(pd.concat([numbers, dummies], axis=1).to_numpy(dtype="float32")))
    return tuple(both)


# %% right="sentences: no arrow where none is needed: letters that occur once stay in alphabetical order, letters that occur twice are summed"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors moved, mapped, alike, pairs, trace and forms, as the text above says."""
    moved = torch.einsum("ij,bj->bi", a, x)
    mapped = a.mv(v)
    alike = torch.einsum("ik,jk", x, y)
    pairs = torch.einsum("bi,bi->b", x, y)
    trace = torch.einsum("ii", a)
    forms = torch.einsum("zp,pq,zq->z", x, a, x)
    return moved, mapped, alike, pairs, trace, forms


# %% right="sentences: an ellipsis stands for the batch"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors moved, mapped, alike, pairs, trace and forms, as the text above says."""
    moved = torch.einsum("ij,bj->bi", a, x)
    mapped = a.T.T.mv(v)
    alike = torch.einsum("...i,ci->...c", x, y)
    pairs = torch.einsum("...i,...i->...", x, y)
    trace = torch.einsum("ii->", a)
    forms = torch.einsum("...i,ij,...j->...", x, a, x)
    return moved, mapped, alike, pairs, trace, forms


# %% right="sentences: capital letters and spaces, and the form with the two places of the matrix exchanged, which is the same sum with other names"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors moved, mapped, alike, pairs, trace and forms, as the text above says."""
    moved = torch.einsum("ij,bj->bi", a, x)
    mapped = a.mv(v)
    alike = torch.einsum("N k, M k -> N M", x, y)
    pairs = torch.einsum("N k, N k -> N", x, y)
    trace = torch.einsum("k k ->", a)
    forms = torch.einsum("N j, j i, N i -> N", x, a, x)
    return moved, mapped, alike, pairs, trace, forms


# %% wrong="sentences: casts the matrix to float32 before mv; breaks: it accepts float64, seen with float64 tensors (an error)"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors moved, mapped, alike, pairs, trace and forms, as the text above says."""
    moved = torch.einsum("ij,bj->bi", a, x)
    mapped = a.float().mv(v)
    alike = torch.einsum("bi,ci->bc", x, y)
    pairs = torch.einsum("bi,bi->b", x, y)
    trace = torch.einsum("ii->", a)
    forms = torch.einsum("bi,ij,bj->b", x, a, x)
    return moved, mapped, alike, pairs, trace, forms


# %% right="landscape: repeats straight into flat columns, so that the pairs need only be turned"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The places (height * width, 2), the picture (height, width) of height_at(places), and it without its rows' means."""
    rows = repeat(torch.arange(height), "h -> (h w)", w=width)
    columns = repeat(torch.arange(width), "w -> (h w)", h=height)
    places = rearrange(torch.stack([rows, columns]), "two pixel -> pixel two")
    values = height_at(places)
    picture = rearrange(values, "(h w) -> h w", w=width, h=height)
    means = reduce(picture, "h w -> h ()", "mean")
    return places, picture, picture - means


# %% right="landscape: grids that lie on their side, put upright when they are flattened; keyword arguments for reduce"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The places (height * width, 2), the picture (height, width) of height_at(places), and it without its rows' means."""
    rows = repeat(torch.arange(height), "r -> c r", c=width)
    columns = repeat(torch.arange(width), "c -> c r", r=height)
    places = rearrange(torch.stack([rows, columns]), "both c r -> (r c) both")
    values = height_at(places)
    picture = rearrange(values, "(r c) -> r c", c=width)
    means = reduce(picture, reduction="mean", pattern="r c -> r 1")
    return places, picture, picture - means


# %% right="landscape: a function of its own for reduce, which gets the axes that have to go"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The places (height * width, 2), the picture (height, width) of height_at(places), and it without its rows' means."""
    rows = repeat(torch.arange(height), "h -> h w", w=width)
    columns = repeat(torch.arange(width), "w -> h w", h=height)
    places = rearrange(torch.stack([rows, columns]), "two h w -> (h w) two")
    values = height_at(places)
    picture = rearrange(values, "(line place) -> line place", line=height)
    means = reduce(picture, "line place -> line 1", lambda block, axes: block.sum(dim=axes) / block.shape[axes[0]])
    return places, picture, picture - means


# %% wrong="landscape: subtracts the median of each row; breaks: the mean of each row subtracted, seen with heights that do not rise evenly along a row"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The places (height * width, 2), the picture (height, width) of height_at(places), and it without its rows' means."""
    rows = repeat(torch.arange(height), "h -> h w", w=width)
    columns = repeat(torch.arange(width), "w -> h w", h=height)
    places = rearrange(torch.stack([rows, columns]), "two h w -> (h w) two")
    values = height_at(places)
    picture = rearrange(values, "(h w) -> h w", h=height)
    means = reduce(picture, "h w -> h 1", lambda block, axes: block.median(dim=axes[0]).values)
    return places, picture, picture - means


# %% wrong="landscape: rounds the means to whole numbers; breaks: the mean of each row subtracted, seen with a width of 2, whose mean is half"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The places (height * width, 2), the picture (height, width) of height_at(places), and it without its rows' means."""
    rows = repeat(torch.arange(height), "h -> h w", w=width)
    columns = repeat(torch.arange(width), "w -> h w", h=height)
    places = rearrange(torch.stack([rows, columns]), "two h w -> (h w) two")
    values = height_at(places)
    picture = rearrange(values, "(h w) -> h w", h=height)
    means = reduce(picture, "h w -> h 1", lambda block, axes: block.mean(dim=axes).round())
    return places, picture, picture - means


# %% wrong="landscape: repeats the row numbers height + 1 times; breaks: places for every pixel, seen with any width that is not height + 1 (an error)"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The places (height * width, 2), the picture (height, width) of height_at(places), and it without its rows' means."""
    rows = repeat(torch.arange(height), "h -> h w", w=height + 1)
    columns = repeat(torch.arange(width), "w -> h w", h=height)
    places = rearrange(torch.stack([rows, columns]), "two h w -> (h w) two")
    values = height_at(places)
    picture = rearrange(values, "(h w) -> h w", h=height)
    means = reduce(picture, "h w -> h 1", "mean")
    return places, picture, picture - means


# %% wrong="landscape: subtracts the middle between the highest and the lowest of each row; breaks: the mean of each row subtracted, seen with heights that do not rise evenly"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The places (height * width, 2), the picture (height, width) of height_at(places), and it without its rows' means."""
    rows = repeat(torch.arange(height), "h -> h w", w=width)
    columns = repeat(torch.arange(width), "w -> h w", h=height)
    places = rearrange(torch.stack([rows, columns]), "two h w -> (h w) two")
    values = height_at(places)
    picture = rearrange(values, "(h w) -> h w", h=height)
    means = reduce(picture, "h w -> h 1", lambda block, axes: (block.amax(dim=axes) + block.amin(dim=axes)) / 2)
    return places, picture, picture - means


# %% wrong="landscape: breaks the numbers into two lines always; breaks: landscape is (height, width), seen with a height of 4 (wrong shape) or of 3 (mixed lines or an error)"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The places (height * width, 2), the picture (height, width) of height_at(places), and it without its rows' means."""
    rows = repeat(torch.arange(height), "h -> h w", w=width)
    columns = repeat(torch.arange(width), "w -> h w", h=height)
    places = rearrange(torch.stack([rows, columns]), "two h w -> (h w) two")
    values = height_at(places)
    picture = rearrange(values, "(h w) -> h w", h=2)
    means = reduce(picture, "h w -> h 1", "mean")
    return places, picture, picture - means


# %% right="controls: asks the tensors for their strides and adds zeros"
def controls(a, b, square, v, w) -> tuple[torch.Tensor, ...]:
    """The tensors again, steps, trace, mv, mm and outer, as the text above says."""
    (n, m), p = a.shape, b.shape[1]
    again = torch.as_strided(a, a.size(), a.stride())
    steps = torch.as_strided(v, (2, 3), (1, 1))
    trace = torch.as_strided(square, size=(n,), stride=(sum(square.stride()),)).sum()
    mv = (a * torch.as_strided(v, (n, m), (0,) + v.stride())).sum(dim=1)
    left = torch.as_strided(a, (n, m, p), (*a.stride(), 0))
    right = torch.as_strided(b, (n, m, p), (0, *b.stride()))
    mm = (left * right).sum(dim=1)
    outer = torch.as_strided(w, (n, m), (*w.stride(), 0)) * torch.as_strided(v, (n, m), (0, *v.stride()))
    return again, steps, trace, mv, mm, outer


# %% right="controls: lets broadcasting find the strides and reads them off expanded views"
def controls(a, b, square, v, w) -> tuple[torch.Tensor, ...]:
    """The tensors again, steps, trace, mv, mm and outer, as the text above says."""
    (n, m), p = a.shape, b.shape[1]
    again = torch.as_strided(a, (n, m), (m, 1))
    steps = torch.as_strided(v, (2, 3), v[:3].expand(2, 3).stride()[1:] * 2)
    trace = torch.as_strided(square, (n,), (n + 1,)).sum()
    mv = (a * torch.as_strided(v, size=(n, m), stride=v.expand(n, m).stride())).sum(dim=1)
    left = torch.as_strided(a, (n, m, p), a.unsqueeze(2).expand(n, m, p).stride())
    right = torch.as_strided(b, (n, m, p), b.expand(n, m, p).stride())
    mm = (left * right).sum(dim=1)
    outer = torch.as_strided(w, (n, m), w[:, None].expand(n, m).stride()) * torch.as_strided(
        v, (n, m), v[None].expand(n, m).stride()
    )
    return again, steps, trace, mv, mm, outer


# %% right="controls: keywords, lists and offsets that are asked for; the diagonal is the first column of a table whose lines are one too long"
def controls(a, b, square, v, w) -> tuple[torch.Tensor, ...]:
    """The tensors again, steps, trace, mv, mm and outer, as the text above says."""
    (n, m), p = a.shape, b.shape[1]
    again = torch.as_strided(a, size=[n, m], stride=[m, 1], storage_offset=a.storage_offset())
    steps = torch.as_strided(v, size=[2, 3], stride=[1, 1])
    trace = torch.as_strided(square, (n, 1), (n + 1, 1), square.storage_offset()).sum()
    mv = (a * torch.as_strided(v, [n, m], [0, 1], v.storage_offset())).sum(dim=1)
    left = torch.as_strided(a, (n, m, p), [m, 1, 0])
    right = torch.as_strided(b, (n, m, p), stride=[0, p, 1])
    mm = (left * right).sum(dim=1)
    outer = torch.as_strided(w, (n, m), (1, 0)) * torch.as_strided(v, (n, m), (0, 1))
    return again, steps, trace, mv, mm, outer


# %% wrong="controls: walks n further for a row of b; breaks: mm is a times b for b of (m, p), seen when p is not n"
def controls(a, b, square, v, w) -> tuple[torch.Tensor, ...]:
    """The tensors again, steps, trace, mv, mm and outer, as the text above says."""
    (n, m), p = a.shape, b.shape[1]
    again = torch.as_strided(a, (n, m), (m, 1))
    steps = torch.as_strided(v, (2, 3), (1, 1))
    trace = torch.as_strided(square, (n,), (n + 1,)).sum()
    mv = (a * torch.as_strided(v, (n, m), (0, 1))).sum(dim=1)
    left = torch.as_strided(a, (n, m, p), (m, 1, 0))
    right = torch.as_strided(b, (n, m, p), (0, n, 1))
    mm = (left * right).sum(dim=1)
    outer = torch.as_strided(w, (n, m), (1, 0)) * torch.as_strided(v, (n, m), (0, 1))
    return again, steps, trace, mv, mm, outer


# %% wrong="controls: walks m - 1 along the diagonal, which is n + 1 in a two by four only; breaks: trace is the sum of the diagonal of square, seen with n = m = 3"
def controls(a, b, square, v, w) -> tuple[torch.Tensor, ...]:
    """The tensors again, steps, trace, mv, mm and outer, as the text above says."""
    (n, m), p = a.shape, b.shape[1]
    again = torch.as_strided(a, (n, m), (m, 1))
    steps = torch.as_strided(v, (2, 3), (1, 1))
    trace = torch.as_strided(square, (n,), (m - 1,)).sum()
    mv = (a * torch.as_strided(v, (n, m), (0, 1))).sum(dim=1)
    left = torch.as_strided(a, (n, m, p), (m, 1, 0))
    right = torch.as_strided(b, (n, m, p), (0, p, 1))
    mm = (left * right).sum(dim=1)
    outer = torch.as_strided(w, (n, m), (1, 0)) * torch.as_strided(v, (n, m), (0, 1))
    return again, steps, trace, mv, mm, outer


# %% wrong="controls: gives v an offset of 0 in mv; breaks: v may be any contiguous vector, seen with a slice such as long[3:7], where the front of long is read"
def controls(a, b, square, v, w) -> tuple[torch.Tensor, ...]:
    """The tensors again, steps, trace, mv, mm and outer, as the text above says."""
    (n, m), p = a.shape, b.shape[1]
    again = torch.as_strided(a, (n, m), (m, 1))
    steps = torch.as_strided(v, (2, 3), (1, 1))
    trace = torch.as_strided(square, (n,), (n + 1,)).sum()
    mv = (a * torch.as_strided(v, (n, m), (0, 1), 0)).sum(dim=1)
    left = torch.as_strided(a, (n, m, p), (m, 1, 0))
    right = torch.as_strided(b, (n, m, p), (0, p, 1))
    mm = (left * right).sum(dim=1)
    outer = torch.as_strided(w, (n, m), (1, 0)) * torch.as_strided(v, (n, m), (0, 1))
    return again, steps, trace, mv, mm, outer


# %% right="blur: a banded matrix from the left adds up rows, one from the right columns"
def blur(picture: torch.Tensor, size: int) -> torch.Tensor:
    def band(length):
        start = torch.arange(length - size + 1).unsqueeze(1)
        place = torch.arange(length)
        return ((place >= start) & (place < start + size)).to(picture.dtype)

    tall, wide = picture.shape
    return band(tall) @ picture @ band(wide).T / size**2


# %% right="blur: rolls whole pictures over each other, first down, then across, and cuts off what came in again on the other side"
def blur(picture: torch.Tensor, size: int) -> torch.Tensor:
    total = picture
    for axis in (0, 1):
        total = sum(total.roll(-step, dims=axis) for step in range(size))
    tall, wide = picture.shape
    return total[: tall - size + 1, : wide - size + 1] / (size * size)


# %% right="blur: four axes of row and column numbers, stretched by broadcasting, pick all windows at once"
def blur(picture: torch.Tensor, size: int) -> torch.Tensor:
    tall, wide = picture.shape
    step = torch.arange(size)
    rows = torch.arange(tall - size + 1)[:, None, None, None] + step[:, None]
    columns = torch.arange(wide - size + 1)[:, None, None] + step
    return picture[rows, columns].mean(dim=(-2, -1))


# %% wrong="blur: divides by size + size, which happens to be size squared for 2; breaks: the mean of every window, seen with size 3 or 1"
def blur(picture: torch.Tensor, size: int) -> torch.Tensor:
    tall, wide = (length - size + 1 for length in picture.shape)
    total = 0
    for i in range(size):
        for j in range(size):
            total = total + picture[i : i + tall, j : j + wide]
    return total / (size + size)


# %% wrong="blur: averages only the four corners of each window; breaks: the mean of every size x size window, seen with size 3, where five pixels are left out"
def blur(picture: torch.Tensor, size: int) -> torch.Tensor:
    tall, wide = picture.shape
    last = size - 1
    upper, lower = picture[: tall - last], picture[last:]
    left, right = slice(0, wide - last), slice(last, wide)
    return (upper[:, left] + upper[:, right] + lower[:, left] + lower[:, right]) / 4


# %% wrong="blur: uses the smaller side for both axes; breaks: (height - size + 1, width - size + 1), seen with a picture that is not square"
def blur(picture: torch.Tensor, size: int) -> torch.Tensor:
    places = min(picture.shape) - size + 1
    down, along = picture.stride()
    windows = picture.as_strided((places, places, size, size), (down, along, down, along))
    return windows.mean(dim=(2, 3))


# %% wrong="blur: gives as_strided an offset of 0; breaks: the picture may be any view, seen with a slice such as whole[2:, 3:], where windows of the whole are read"
def blur(picture: torch.Tensor, size: int) -> torch.Tensor:
    (tall, wide), strides = picture.shape, picture.stride()
    shape = (tall - size + 1, wide - size + 1, size, size)
    return torch.as_strided(picture, shape, strides + strides, 0).mean(dim=(-1, -2))


# %% wrong="blur: one window axis that steps down and right at once walks only along the diagonal; breaks: the mean of every size x size window, seen with any picture that is not a slope"
def blur(picture: torch.Tensor, size: int) -> torch.Tensor:
    (tall, wide), (down, along) = picture.shape, picture.stride()
    shape = (tall - size + 1, wide - size + 1, size)
    return torch.as_strided(picture, shape, (down, along, down + along)).mean(dim=2)


# %% right="drawings: three-digit places, the picture's axes found by divmod, numbers read from the layer's state"
def profiles(x, first, second, title, xlabel, ylabel):
    """Two curves side by side, with one vertical scale."""
    figure = plt.figure(figsize=(6, 2))
    left = figure.add_subplot(121)
    right = figure.add_subplot(122, sharey=left)
    left.plot(x, first)
    right.plot(x, second)
    left.set_title(title)
    left.set_xlabel(xlabel)
    left.set_ylabel(ylabel)
    return figure


def gallery(pictures, titles, rows, columns):
    """Pictures on a grid, in reading order."""
    figure, axes = plt.subplots(nrows=rows, ncols=columns, squeeze=False)
    grid = product(range(rows), range(columns))
    for place, (row, column) in enumerate(grid):
        axes[divmod(place, columns)].imshow(pictures[place], cmap="gray_r")
        axes[row, column].set_title(titles[place])
    return figure


def contours(f, xs, ys):
    """Lines of equal height of f(x, y) over a grid of places."""
    across = repeat(xs, "place -> line place", line=ys.shape[0])
    up = repeat(ys, "line -> line place", place=xs.shape[0])
    heights = np.vectorize(f)(across, up)
    figure = plt.figure(figsize=(3, 3))
    figure.add_subplot().contour(across, up, heights)
    return figure


def fitted(layer, x):
    """The line of a layer nn.Linear(1, 1) over x, with its formula as title."""
    slope, shift = layer.state_dict()["weight"].item(), layer.state_dict()["bias"].item()
    y = layer(x.reshape(-1, 1)).squeeze(1).data.numpy()
    figure = plt.figure(figsize=(4, 2))
    axis = figure.add_subplot()
    axis.plot(x.numpy(), y)
    sign = "−" if shift < 0 else "+"
    steep, high = format(slope, ".2f"), format(abs(shift), ".2f")
    axis.set_title(f"y = {steep} x {sign} {high}")
    return figure


# %% right="drawings: a grid specification for the two places, ranges by numpy, numbers kept as tensors without axes"
def profiles(x, first, second, title, xlabel, ylabel):
    """Two curves side by side, with one vertical scale."""
    figure = plt.figure(figsize=(6, 2))
    left = figure.add_subplot(figure.add_gridspec(1, 2)[0])
    right = figure.add_subplot(left.get_subplotspec().get_gridspec()[1], sharey=left)
    left.plot(x, first)
    right.plot(x, second)
    left.set_title(title)
    left.set_xlabel(xlabel)
    left.set_ylabel(ylabel)
    return figure


def gallery(pictures, titles, rows, columns):
    """Pictures on a grid, in reading order."""
    figure, axes = plt.subplots(rows, columns, squeeze=False)
    grid = product(np.arange(rows), np.arange(columns))
    for place, (row, column) in enumerate(grid):
        axes[row, column].imshow(pictures[place], cmap="gray_r")
        axes[row, column].set_title(titles[place])
    return figure


def contours(f, xs, ys):
    """Lines of equal height of f(x, y) over a grid of places."""
    across = repeat(xs, "x -> y x", y=len(ys))
    up = repeat(ys, "y -> y x", x=len(xs))
    heights = np.vectorize(f)(across, up)
    figure = plt.figure(figsize=(3, 3))
    figure.add_subplot().contour(across, up, heights)
    return figure


def fitted(layer, x):
    """The line of a layer nn.Linear(1, 1) over x, with its formula as title."""
    slope, shift = layer.weight.detach().squeeze(), layer.bias.detach().squeeze()
    y = layer(x.unsqueeze(-1)).squeeze(1).detach().numpy()
    figure = plt.figure(figsize=(4, 2))
    axis = figure.add_subplot()
    axis.plot(x.numpy(), y)
    sign = "−" if shift < 0 else "+"
    steep, high = format(slope, "0.2f"), format(shift.abs(), "0.2f")
    axis.set_title(f"y = {steep} x {sign} {high}")
    return figure


# %% right="drawings: ranges mapped over the shape of the grid itself, numbers by tolist, the sign taken off by hand"
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
    grid = product(*map(range, axes.shape))
    for place, (row, column) in enumerate(grid):
        axes[(row, column)].imshow(pictures[place], cmap="gray_r")
        axes[row, column].set_title(titles[place])
    return figure


def contours(f, xs, ys):
    """Lines of equal height of f(x, y) over a grid of places."""
    across = repeat(xs, "x -> y x", y=len(ys))
    up = repeat(ys, "y -> y x", x=len(xs))
    heights = np.vectorize(f)(across, up)
    figure = plt.figure(figsize=(3, 3))
    figure.add_subplot().contour(across, up, heights)
    return figure


def fitted(layer, x):
    """The line of a layer nn.Linear(1, 1) over x, with its formula as title."""
    slope, shift = layer.weight.tolist()[0][0], layer.bias.tolist()[0]
    y = layer(x.reshape(len(x), 1)).squeeze(1).detach().clone().numpy()
    figure = plt.figure(figsize=(4, 2))
    axis = figure.add_subplot()
    axis.plot(x.numpy(), y)
    sign = "−" if shift < 0 else "+"
    steep, high = format(float(slope), ".2f"), format(-shift if shift < 0 else shift, ".2f")
    axis.set_title(f"y = {steep} x {sign} {high}")
    return figure


# %% wrong="drawings: puts the pictures down column by column under titles that run in reading order; breaks: pictures on a grid in reading order, each with its title, seen with two rows and two columns"
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
        axes[place % rows, place // rows].imshow(pictures[place], cmap="gray_r")
        axes[row, column].set_title(titles[place])
    return figure


def contours(f, xs, ys):
    """Lines of equal height of f(x, y) over a grid of places."""
    across = repeat(xs, "x -> y x", y=len(ys))
    up = repeat(ys, "y -> y x", x=len(xs))
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


# %% wrong="drawings: unsqueeze_ with an underscore turns the caller's x into a column; breaks: it leaves its inputs unchanged, seen in x.shape after fitted"
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
    across = repeat(xs, "x -> y x", y=len(ys))
    up = repeat(ys, "y -> y x", x=len(xs))
    heights = np.vectorize(f)(across, up)
    figure = plt.figure(figsize=(3, 3))
    figure.add_subplot().contour(across, up, heights)
    return figure


def fitted(layer, x):
    """The line of a layer nn.Linear(1, 1) over x, with its formula as title."""
    slope, shift = layer.weight.item(), layer.bias.item()
    y = layer(x.unsqueeze_(1)).squeeze(1).detach().numpy()
    figure = plt.figure(figsize=(4, 2))
    axis = figure.add_subplot()
    axis.plot(x.numpy(), y)
    sign = "−" if shift < 0 else "+"
    steep, high = format(slope, ".2f"), format(abs(shift), ".2f")
    axis.set_title(f"y = {steep} x {sign} {high}")
    return figure


# %% right="mean_pictures: leaves the ten names of one tensor as they are and never adds in place"
def mean_pictures(pictures: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    """The mean picture of each class, (classes, height, width); 0 for a class without pictures."""
    sums = [torch.zeros_like(pictures[0])] * classes
    counts = torch.bincount(labels, minlength=classes)
    for picture, label in zip(pictures, labels.tolist()):
        sums[label] = sums[label] + picture
    return torch.stack(sums) / counts.clamp(min=1)[:, None, None]


# %% right="mean_pictures: a list of the rows of one large tensor of zeros, each of them a view of memory of its own"
def mean_pictures(pictures: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    """The mean picture of each class, (classes, height, width); 0 for a class without pictures."""
    sums = [*pictures.new_zeros(classes, *pictures.shape[1:])]
    counts = torch.bincount(labels, minlength=classes)
    for picture, label in zip(pictures, labels.tolist()):
        sums[label] += picture
    return torch.stack(sums) / counts.clamp(min=1)[:, None, None]


# %% right="mean_pictures: throws the loop away and lets index_add_ walk through the labels"
def mean_pictures(pictures: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    sums = torch.zeros((classes, *pictures.shape[1:]), dtype=pictures.dtype)
    sums.index_add_(0, labels, pictures)
    counts = torch.zeros(classes, dtype=pictures.dtype).index_add_(
        0, labels, torch.ones(len(labels), dtype=pictures.dtype)
    )
    return sums.div_(counts.clamp_(min=1).view(-1, 1, 1))


# %% wrong="mean_pictures: makes one blank sum for each of the first pictures; breaks: (classes, height, width) with 0 for a class without pictures, seen with fewer pictures than classes (an error)"
def mean_pictures(pictures: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    sums = [torch.zeros_like(picture) for picture in pictures[:classes]]
    counts = torch.bincount(labels, minlength=classes)
    for picture, label in zip(pictures, labels.tolist()):
        sums[label] += picture
    return torch.stack(sums) / counts.clamp(min=1)[:, None, None]


# %% wrong="mean_pictures: knows only the classes that occur; breaks: (classes, height, width), a class without pictures keeps a mean of 0, seen with labels 0 and 2 of three classes (two pictures come back)"
def mean_pictures(pictures: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    names, places, counts = labels.unique(return_inverse=True, return_counts=True)
    sums = [torch.zeros_like(pictures[0]) for _ in names]
    for picture, place in zip(pictures, places.tolist()):
        sums[place] += picture
    return torch.stack(sums) / counts[:, None, None]


# %% wrong="mean_pictures: each new picture is averaged half and half with what is there; breaks: the mean picture of each class, seen with three pictures of one class"
def mean_pictures(pictures: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    means = {}
    for picture, label in zip(pictures, labels.tolist()):
        means[label] = (means[label] + picture) / 2 if label in means else picture
    blank = torch.zeros_like(pictures[0])
    return torch.stack([means.get(label, blank) for label in range(classes)])


# %% wrong="mean_pictures: sorts by class and cuts the pile into equal shares; breaks: the mean picture of each class, seen with classes of different sizes, as labels 0, 0, 0, 1"
def mean_pictures(pictures: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    pile = pictures[labels.argsort()]
    means = [share.mean(dim=0) for share in torch.tensor_split(pile, classes)]
    return torch.stack(means).nan_to_num()


# %% wrong="mean_pictures: adds at all labels at once with +=, where one picture of a class replaces the other; breaks: adds up the pictures of each class, seen with two pictures of one class (half the ink is lost)"
def mean_pictures(pictures: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    sums = torch.zeros_like(pictures[:1]).repeat(classes, 1, 1)
    counts = torch.bincount(labels, minlength=classes)
    sums[labels] += pictures
    return sums / counts.clamp(min=1)[:, None, None]
