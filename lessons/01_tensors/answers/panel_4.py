# Answers by a panel that read only the released notebook: what `course audit` grades and counts apart. No student sees them.

# %% right="ask_and_make: nelement, size() for the shape, a float32 numpy array, torch.as_tensor"
def facts(x: torch.Tensor) -> tuple:
    """The shape as a tuple, the dtype's name, the device's kind, how many rows, how many numbers, how many bytes."""
    kind = str(x.dtype)
    where = x.device.type
    rows = x.size(0)
    numbers = x.nelement()
    return tuple(x.size()), kind, where, rows, numbers, numbers * x.element_size()


def make(height: int, width: int) -> tuple[torch.Tensor, ...]:
    """Paper, ink, grey, noise and coins, as the text above says."""
    paper, ink = torch.zeros(height, width), torch.ones(height, width)
    grey = torch.as_tensor(np.full((height, width), 0.5, dtype=np.float32))
    noise = torch.empty(height, width).uniform_(-1, 1)
    coins = torch.randint(0, 2, (height,)).float()
    return paper, ink, grey, noise, coins


# %% right="ask_and_make: shape.numel, keyword arguments of np.full, randint with only its upper end"
def facts(x: torch.Tensor) -> tuple:
    """The shape as a tuple, the dtype's name, the device's kind, how many rows, how many numbers, how many bytes."""
    kind = str(x.dtype)
    where = x.device.type
    rows = x.size(0)
    numbers = x.shape.numel()
    return tuple(x.shape), kind, where, rows, numbers, numbers * x.element_size()


def make(height: int, width: int) -> tuple[torch.Tensor, ...]:
    """Paper, ink, grey, noise and coins, as the text above says."""
    paper, ink = torch.zeros(height, width), torch.ones(height, width)
    grey = torch.from_numpy(np.full(shape=(height, width), fill_value=0.5))
    noise = torch.empty(height, width).uniform_(-1, 1)
    coins = torch.randint(2, (height,)).float()
    return paper, ink, grey, noise, coins


# %% right="ask_and_make: torch.tensor copies the array, the shape is a list, one half is a division"
def facts(x: torch.Tensor) -> tuple:
    """The shape as a tuple, the dtype's name, the device's kind, how many rows, how many numbers, how many bytes."""
    kind = str(x.dtype)
    where = x.device.type
    rows = x.size(0)
    numbers = x.numel()
    return tuple(x.detach().shape), kind, where, rows, numbers, numbers * x.element_size()


def make(height: int, width: int) -> tuple[torch.Tensor, ...]:
    """Paper, ink, grey, noise and coins, as the text above says."""
    paper, ink = torch.zeros(height, width), torch.ones(height, width)
    grey = torch.tensor(np.full([height, width], 1 / 2))
    noise = torch.empty(height, width).uniform_(-1, 1)
    coins = torch.randint(0, 1 + 1, (height,)).float()
    return paper, ink, grey, noise, coins


# %% wrong="ask_and_make: randint(0, 1) never gives a 1; breaks: coins are 0 or 1 with equal chances (randint never returns high), seen with make(100, 2)"
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
    coins = torch.randint(0, 1, (height,)).float()
    return paper, ink, grey, noise, coins


# %% wrong="ask_and_make: coins are float64; breaks: coins as float32, seen with the dtype of make(2, 3)[4]"
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
    coins = torch.randint(0, 2, (height,)).double()
    return paper, ink, grey, noise, coins


# %% wrong="ask_and_make: normal noise of mean -1; breaks: noise fills uniformly between -1 and 1, seen with make(50, 50), which has numbers below -1"
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
    noise = torch.empty(height, width).normal_(-1, 1)
    coins = torch.randint(0, 2, (height,)).float()
    return paper, ink, grey, noise, coins


# %% wrong="ask_and_make: asks for torch's default dtype and not for the tensor's; breaks: the dtype's name, seen with a tensor of whole numbers"
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


# %% wrong="ask_and_make: rows times columns only; breaks: how many numbers (and bytes), seen with a tensor of three axes, or of one"
def facts(x: torch.Tensor) -> tuple:
    """The shape as a tuple, the dtype's name, the device's kind, how many rows, how many numbers, how many bytes."""
    kind = str(x.dtype)
    where = x.device.type
    rows = x.size(0)
    numbers = x.shape[0] * x.shape[1]
    return tuple(x.shape), kind, where, rows, numbers, numbers * x.element_size()


def make(height: int, width: int) -> tuple[torch.Tensor, ...]:
    """Paper, ink, grey, noise and coins, as the text above says."""
    paper, ink = torch.zeros(height, width), torch.ones(height, width)
    grey = torch.from_numpy(np.full((height, width), 0.5))
    noise = torch.empty(height, width).uniform_(-1, 1)
    coins = torch.randint(0, 2, (height,)).float()
    return paper, ink, grey, noise, coins


# %% right="window: a loop over every pixel of the window"
def window(picture: torch.Tensor, top: int, left: int, height: int, width: int) -> torch.Tensor:
    """What a window (height, width) at (top, left) shows of a picture; paper (0) where there is no picture."""
    seen = picture.new_zeros(height, width)
    tall, wide = picture.shape
    for i in range(height):
        for j in range(width):
            y, x = top + i, left + j
            if 0 <= y < tall and 0 <= x < wide:
                seen[i, j] = picture[y, x]
    return seen


# %% right="window: clamped indices, and a mask that blanks what was outside"
def window(picture: torch.Tensor, top: int, left: int, height: int, width: int) -> torch.Tensor:
    """What a window (height, width) at (top, left) shows of a picture; paper (0) where there is no picture."""
    tall, wide = picture.shape
    y = torch.arange(top, top + height, device=picture.device)[:, None]
    x = torch.arange(left, left + width, device=picture.device)[None, :]
    inside = (y >= 0) & (y < tall) & (x >= 0) & (x < wide)
    nearest_pixels = picture[y.clamp(0, tall - 1), x.clamp(0, wide - 1)]
    return torch.where(inside, nearest_pixels, torch.zeros_like(nearest_pixels))


# %% right="window: early return when it misses, lists of row and column numbers in numpy"
def window(picture: torch.Tensor, top: int, left: int, height: int, width: int) -> torch.Tensor:
    """What a window (height, width) at (top, left) shows of a picture; paper (0) where there is no picture."""
    array = picture.detach().cpu().numpy()
    sheet_array = np.zeros((height, width), dtype=array.dtype)
    ys = [y for y in range(top, top + height) if y in range(array.shape[0])]
    xs = [x for x in range(left, left + width) if x in range(array.shape[1])]
    if not ys or not xs:
        return torch.from_numpy(sheet_array)
    part = array[ys[0] : ys[-1] + 1, xs[0] : xs[-1] + 1]
    sheet_array[ys[0] - top : ys[-1] + 1 - top, xs[0] - left : xs[-1] + 1 - left] = part
    return torch.from_numpy(sheet_array)


# %% wrong="window: the lower ends of the slices may become negative; breaks: a window may miss the picture altogether, seen with top=-5, height=3"
def window(picture: torch.Tensor, top: int, left: int, height: int, width: int) -> torch.Tensor:
    """What a window (height, width) at (top, left) shows of a picture; paper (0) where there is no picture."""
    out = torch.zeros(height, width, dtype=picture.dtype)
    y0, x0 = max(top, 0), max(left, 0)
    y1, x1 = min(top + height, picture.shape[0]), min(left + width, picture.shape[1])
    out[y0 - top : y1 - top, x0 - left : x1 - left] = picture[y0:y1, x0:x1]
    return out


# %% wrong="window: paper is added only above and on the left; breaks: whatever is outside is blank paper (and the window's size), seen with a window over the lower right corner"
def window(picture: torch.Tensor, top: int, left: int, height: int, width: int) -> torch.Tensor:
    """What a window (height, width) at (top, left) shows of a picture; paper (0) where there is no picture."""
    above, before = max(-top, 0), max(-left, 0)
    large = picture.new_zeros(picture.shape[0] + above, picture.shape[1] + before)
    large[above:, before:] = picture
    top, left = top + above, left + before
    return large[top : top + height, left : left + width].clone()


# %% wrong="window: pushes a window that is too low or too far right back into the picture; breaks: its upper left corner stands at (top, left), outside is paper, seen with top=2 of 3 rows and height=2"
def window(picture: torch.Tensor, top: int, left: int, height: int, width: int) -> torch.Tensor:
    """What a window (height, width) at (top, left) shows of a picture; paper (0) where there is no picture."""
    tall, wide = picture.shape
    if top >= 0:
        top = max(0, min(top, tall - height))
    if left >= 0:
        left = max(0, min(left, wide - width))
    out = picture.new_zeros(height, width)
    for i in range(height):
        for j in range(width):
            if 0 <= top + i < tall and 0 <= left + j < wide:
                out[i, j] = picture[top + i, left + j]
    return out


# %% wrong="window: repeats the last row and column of the picture beyond its lower and right edges; breaks: whatever is outside the picture is 0, seen with a window over the lower right corner"
def window(picture: torch.Tensor, top: int, left: int, height: int, width: int) -> torch.Tensor:
    """What a window (height, width) at (top, left) shows of a picture; paper (0) where there is no picture."""
    y = torch.arange(top, top + height)
    x = torch.arange(left, left + width)
    out = picture[y.clamp(0, picture.shape[0] - 1)][:, x.clamp(0, picture.shape[1] - 1)]
    out[y < 0] = 0
    out[:, x < 0] = 0
    return out


# %% wrong="window: a frame of 28 pixels of paper, whatever the place; breaks: top and left may be negative or large, seen with top=-40 or top=60"
def window(picture: torch.Tensor, top: int, left: int, height: int, width: int) -> torch.Tensor:
    """What a window (height, width) at (top, left) shows of a picture; paper (0) where there is no picture."""
    frame = 28
    tall, wide = picture.shape
    framed = picture.new_zeros(tall + 2 * frame, wide + 2 * frame)
    framed[frame : frame + tall, frame : frame + wide] = picture
    return framed[frame + top : frame + top + height, frame + left : frame + left + width].clone()


# %% right="stamp: torch.maximum with out= the slice itself"
def stamp(sheet: torch.Tensor, picture: torch.Tensor, top: int, left: int) -> None:
    """Print a picture (height, width) onto the sheet, in place; the darker ink of the two stays."""
    height, width = picture.shape
    place = sheet.narrow(0, top, height).narrow(1, left, width)
    torch.maximum(place, picture, out=place)


# %% right="stamp: a mask of the pixels where the picture is darker, assigned to a view"
def stamp(sheet: torch.Tensor, picture: torch.Tensor, top: int, left: int) -> None:
    """Print a picture (height, width) onto the sheet, in place; the darker ink of the two stays."""
    below = sheet[top : top + picture.shape[0], left : left + picture.shape[1]]
    darker = picture > below
    below[darker] = picture[darker]


# %% right="stamp: two loops, one pixel at a time"
def stamp(sheet: torch.Tensor, picture: torch.Tensor, top: int, left: int) -> None:
    """Print a picture (height, width) onto the sheet, in place; the darker ink of the two stays."""
    for i in range(picture.shape[0]):
        for j in range(picture.shape[1]):
            if picture[i, j] > sheet[top + i, left + j]:
                sheet[top + i, left + j] = picture[i, j]


# %% wrong="stamp: prints only where the picture has ink above 0; breaks: the larger number stays also where numbers are negative, seen with -0.2 printed onto -0.5"
def stamp(sheet: torch.Tensor, picture: torch.Tensor, top: int, left: int) -> None:
    """Print a picture (height, width) onto the sheet, in place; the darker ink of the two stays."""
    height, width = picture.shape
    part = sheet[top : top + height, left : left + width]
    part.copy_(torch.where(picture > 0, torch.maximum(part, picture), part))


# %% wrong="stamp: clamps the result between 0 and 1; breaks: the larger number stays also where numbers are negative, seen with -0.4 onto -0.5, which becomes 0"
def stamp(sheet: torch.Tensor, picture: torch.Tensor, top: int, left: int) -> None:
    """Print a picture (height, width) onto the sheet, in place; the darker ink of the two stays."""
    rows = slice(top, top + picture.shape[0])
    columns = slice(left, left + picture.shape[1])
    sheet[rows, columns] = torch.maximum(sheet[rows, columns], picture).clamp(0, 1)


# %% wrong="stamp: darkens the caller's picture on its way; breaks: it changes sheet in place and no other input, seen with a picture that is lighter than the sheet somewhere"
def stamp(sheet: torch.Tensor, picture: torch.Tensor, top: int, left: int) -> None:
    """Print a picture (height, width) onto the sheet, in place; the darker ink of the two stays."""
    height, width = picture.shape
    part = sheet[top : top + height, left : left + width]
    lighter = picture < part
    picture[lighter] = part[lighter]
    part[:] = picture


# %% wrong="stamp: works on sheet.reshape(-1), which is a copy of a sheet that is not contiguous; breaks: the caller's sheet is what has changed, seen with a transposed sheet"
def stamp(sheet: torch.Tensor, picture: torch.Tensor, top: int, left: int) -> None:
    """Print a picture (height, width) onto the sheet, in place; the darker ink of the two stays."""
    flat_sheet = sheet.reshape(-1)
    for i, line_of_ink in enumerate(picture):
        start = (top + i) * sheet.shape[1] + left
        piece = flat_sheet[start : start + len(line_of_ink)]
        piece.copy_(torch.maximum(piece, line_of_ink))


# %% wrong="stamp: gives the sheet new memory through .data; breaks: with it every tensor that shares its memory, seen with a view of the sheet that was taken before"
def stamp(sheet: torch.Tensor, picture: torch.Tensor, top: int, left: int) -> None:
    """Print a picture (height, width) onto the sheet, in place; the darker ink of the two stays."""
    height, width = picture.shape
    new = sheet.clone()
    part = new[top : top + height, left : left + width]
    new[top : top + height, left : left + width] = torch.maximum(part, picture)
    sheet.data = new


# %% right="stretch: recursion over the front axes, one picture at the bottom"
def stretch(pictures: torch.Tensor) -> torch.Tensor:
    """Each picture (..., height, width) with its lightest pixel at 0 and its darkest at 1; flat ones all 0."""
    if pictures.ndim > 2:
        return torch.stack([stretch(one) for one in pictures])
    low, high = pictures.min(), pictures.max()
    if low == high:
        return torch.zeros_like(pictures)
    return (pictures - low) / (high - low)


# %% right="stretch: flattened to rows, sorted, the ends of each row are its lightest and its darkest"
def stretch(pictures: torch.Tensor) -> torch.Tensor:
    """Each picture (..., height, width) with its lightest pixel at 0 and its darkest at 1; flat ones all 0."""
    lines = pictures.reshape(-1, pictures.shape[-2] * pictures.shape[-1])
    ordered = lines.sort(dim=1).values
    low, span = ordered[:, :1], ordered[:, -1:] - ordered[:, :1]
    span = torch.where(span == 0, torch.ones_like(span), span)
    return ((lines - low) / span).reshape(pictures.shape)


# %% right="stretch: amin and amax of the last two axes, in place on its own copy, flat ones by masked_fill"
def stretch(pictures: torch.Tensor) -> torch.Tensor:
    """Each picture (..., height, width) with its lightest pixel at 0 and its darkest at 1; flat ones all 0."""
    low = torch.amin(pictures, dim=(-2, -1), keepdim=True)
    result = pictures - low
    high = torch.amax(result, dim=(-2, -1), keepdim=True)
    result /= high.masked_fill(high == 0, 1)
    return result


# %% wrong="stretch: divides by a contrast of at least 0.01; breaks: its darkest pixel becomes 1, seen with a faint picture such as 0.500 to 0.505"
def stretch(pictures: torch.Tensor) -> torch.Tensor:
    """Each picture (..., height, width) with its lightest pixel at 0 and its darkest at 1; flat ones all 0."""
    low = pictures.amin(dim=(-2, -1), keepdim=True)
    high = pictures.amax(dim=(-2, -1), keepdim=True)
    return (pictures - low) / (high - low).clamp(min=0.01)


# %% wrong="stretch: one flat picture makes the whole stack 0; breaks: the contrast of each picture by itself, seen with a stack of one flat and one usual picture"
def stretch(pictures: torch.Tensor) -> torch.Tensor:
    """Each picture (..., height, width) with its lightest pixel at 0 and its darkest at 1; flat ones all 0."""
    low = pictures.amin(dim=(-2, -1), keepdim=True)
    high = pictures.amax(dim=(-2, -1), keepdim=True)
    if (high == low).any():
        return torch.zeros_like(pictures)
    return (pictures - low) / (high - low)


# %% wrong="stretch: knows two, three and four axes only and treats five as a stack of whole sheets; breaks: in front there may be any number of others, seen with shape (2, 2, 2, 3, 4)"
def stretch(pictures: torch.Tensor) -> torch.Tensor:
    """Each picture (..., height, width) with its lightest pixel at 0 and its darkest at 1; flat ones all 0."""
    axes_of = {2: (0, 1), 3: (1, 2), 4: (2, 3)}
    dims = axes_of.get(pictures.ndim, tuple(range(2, pictures.ndim)))
    low = pictures.amin(dim=dims, keepdim=True)
    span = pictures.amax(dim=dims, keepdim=True) - low
    return (pictures - low) / torch.where(span == 0, torch.ones_like(span), span)


# %% wrong="stretch: subtracts and divides in the caller's pictures; breaks: it leaves its inputs unchanged, seen with any picture whose lightest pixel is not 0"
def stretch(pictures: torch.Tensor) -> torch.Tensor:
    """Each picture (..., height, width) with its lightest pixel at 0 and its darkest at 1; flat ones all 0."""
    pictures -= pictures.amin(dim=(-2, -1), keepdim=True)
    span = pictures.amax(dim=(-2, -1), keepdim=True)
    span[span == 0] = 1
    pictures /= span
    return pictures


# %% wrong="stretch: rounds to two decimals; breaks: everything between keeps its place in between, seen with pixels 0, 1, 3 (a third)"
def stretch(pictures: torch.Tensor) -> torch.Tensor:
    """Each picture (..., height, width) with its lightest pixel at 0 and its darkest at 1; flat ones all 0."""
    low = pictures.amin(dim=(-2, -1), keepdim=True)
    span = pictures.amax(dim=(-2, -1), keepdim=True) - low
    span = span + (span == 0)
    return ((pictures - low) / span).round(decimals=2)


# %% right="broadcast_shape: recursion on the last lengths"
def broadcast_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """The shape that broadcasting makes of two shapes; ValueError when they do not go together."""
    if len(a) == 0:
        return tuple(b)
    if len(b) == 0:
        return tuple(a)
    front = broadcast_shape(a[:-1], b[:-1])
    if a[-1] == b[-1] or b[-1] == 1:
        return (*front, a[-1])
    if a[-1] == 1:
        return (*front, b[-1])
    raise ValueError(f"{a[-1]} does not go together with {b[-1]}")


# %% right="broadcast_shape: zip_longest from the right and a set of the lengths that are not 1"
def broadcast_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """The shape that broadcasting makes of two shapes; ValueError when they do not go together."""
    from itertools import zip_longest

    lengths = []
    for pair in zip_longest(reversed(a), reversed(b), fillvalue=1):
        real = set(pair) - {1}
        if len(real) > 1:
            raise ValueError(f"shapes {a} and {b} do not go together")
        lengths.append(real.pop() if real else 1)
    return tuple(lengths[::-1])


# %% right="broadcast_shape: a list by index, overwritten on an own copy of the longer shape"
def broadcast_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """The shape that broadcasting makes of two shapes; ValueError when they do not go together."""
    longer, shorter = (list(a), list(b)) if len(a) >= len(b) else (list(b), list(a))
    for back in range(1, len(shorter) + 1):
        if longer[-back] == 1:
            longer[-back] = shorter[-back]
        elif shorter[-back] not in (1, longer[-back]):
            raise ValueError("these shapes do not go together")
    return longer


# %% wrong="broadcast_shape: takes the larger of the two lengths; breaks: the 1 is stretched to the other one, also to 0, seen with (0,) and (1,), which gives (1,)"
def broadcast_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """The shape that broadcasting makes of two shapes; ValueError when they do not go together."""
    n = max(len(a), len(b))
    a = (1,) * (n - len(a)) + tuple(a)
    b = (1,) * (n - len(b)) + tuple(b)
    for p, q in zip(a, b):
        if p != q and p != 1 and q != 1:
            raise ValueError("no")
    return tuple(max(p, q) for p, q in zip(a, b))


# %% wrong="broadcast_shape: believes that a is the longer one and loses the front of b; breaks: nothing is said about which of the two is longer, seen with (28, 28) and (7, 28, 28)"
def broadcast_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """The shape that broadcasting makes of two shapes; ValueError when they do not go together."""
    result = list(a)
    for i in range(1, min(len(a), len(b)) + 1):
        if a[-i] == 1:
            result[-i] = b[-i]
        elif b[-i] != 1 and a[-i] != b[-i]:
            raise ValueError("shapes do not fit")
    return tuple(result)


# %% wrong="broadcast_shape: an axis without entries swallows any length; breaks: rule 2 holds for 0 like for any other length, seen with (0,) and (5,), which must raise ValueError"
def broadcast_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """The shape that broadcasting makes of two shapes; ValueError when they do not go together."""
    n = max(len(a), len(b))
    result = []
    for p, q in zip([1] * (n - len(a)) + list(a), [1] * (n - len(b)) + list(b)):
        if 0 in (p, q):
            result.append(0)
        elif p == q or q == 1:
            result.append(p)
        elif p == 1:
            result.append(q)
        else:
            raise ValueError(f"{p} and {q}")
    return tuple(result)


# %% wrong="broadcast_shape: an error for the shape of a single number; breaks: an empty tuple is the shape of a single number, seen with (5, 4) and ()"
def broadcast_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """The shape that broadcasting makes of two shapes; ValueError when they do not go together."""
    if not a or not b:
        raise ValueError("an empty shape")
    n = max(len(a), len(b))
    a, b = [1] * (n - len(a)) + list(a), [1] * (n - len(b)) + list(b)
    if any(p != q and 1 not in (p, q) for p, q in zip(a, b)):
        raise ValueError("they do not go together")
    return tuple(q if p == 1 else p for p, q in zip(a, b))


# %% wrong="broadcast_shape: compares the last two axes only; breaks: in every column the two lengths must be equal or one of them 1, seen with (2, 3, 4) and (5, 3, 4), which must raise ValueError"
def broadcast_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """The shape that broadcasting makes of two shapes; ValueError when they do not go together."""
    for p, q in zip(a[::-1][:2], b[::-1][:2]):
        if p != q and p != 1 and q != 1:
            raise ValueError("rows or columns do not fit")
    n = max(len(a), len(b))
    a, b = (1,) * (n - len(a)) + tuple(a), (1,) * (n - len(b)) + tuple(b)
    return tuple(q if p == 1 else p for p, q in zip(a, b))


# %% right="seven_shapes: reshape, permute, concat and vstack; back flattens the axis of length 1 into the rows"
def seven_shapes(x: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors rows, planes, last, sums, both, pair and back, as the text above says."""
    rows = x.reshape(x.shape[0], x.shape[1] * x.shape[2] * x.shape[3])
    planes = x.reshape(x.shape[0] * x.shape[1], x.shape[2], x.shape[3])
    last = x.permute(0, 2, 3, 1)
    sums = a.reshape(-1, 1) + b.reshape(1, -1)
    both = torch.concat([a, b])
    pair = torch.vstack([a, a.flipud()])
    back = x[:, :1].flatten(1, 2)
    return rows, planes, last, sums, both, pair, back


# %% right="seven_shapes: two transposes, expand on both sides, and a sum over the axis of length 1"
def seven_shapes(x: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors rows, planes, last, sums, both, pair and back, as the text above says."""
    rows = x.flatten(start_dim=1)
    planes = x.flatten(start_dim=0, end_dim=1)
    last = x.transpose(1, 2).transpose(2, 3)
    sums = a.unsqueeze(-1).expand(len(a), len(b)) + b.expand(len(a), len(b))
    both = torch.hstack([a, b])
    pair = torch.stack([a, a.flip(dims=(0,))])
    back = x[:, :1].sum(dim=1)
    return rows, planes, last, sums, both, pair, back


# %% right="seven_shapes: movedim of height and width, flip(-1), select for the first channel"
def seven_shapes(x: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors rows, planes, last, sums, both, pair and back, as the text above says."""
    rows = x.flatten(1, -1)
    planes = x.flatten(0, 1)
    last = x.movedim((2, 3), (1, 2))
    sums = a.unsqueeze(1) + b.unsqueeze(0)
    both = torch.cat([a, b])
    pair = torch.stack([a, a.flip(-1)])
    back = x[:, :1].select(1, 0)
    return rows, planes, last, sums, both, pair, back


# %% wrong="seven_shapes: transpose(1, -1) exchanges channels and width; breaks: last is (n, height, width, channels), seen with height other than width, and with transposed pictures else"
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


# %% wrong="seven_shapes: last is reshaped and not permuted; breaks: last as matplotlib wants it, the channels of one pixel in the last axis, seen with any batch of two channels"
def seven_shapes(x: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors rows, planes, last, sums, both, pair and back, as the text above says."""
    rows = x.flatten(1)
    planes = x.flatten(0, 1)
    last = x.reshape(x.shape[0], x.shape[2], x.shape[3], x.shape[1])
    sums = a.unsqueeze(1) + b.unsqueeze(0)
    both = torch.cat([a, b])
    pair = torch.stack([a, a.flip(0)])
    back = x[:, :1].squeeze(1)
    return rows, planes, last, sums, both, pair, back


# %% wrong="seven_shapes: flatten(1, 2) joins channels and rows; breaks: planes is (n * channels, height, width), seen with the shape of planes"
def seven_shapes(x: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors rows, planes, last, sums, both, pair and back, as the text above says."""
    rows = x.flatten(1)
    planes = x.flatten(1, 2)
    last = x.movedim(1, -1)
    sums = a.unsqueeze(1) + b.unsqueeze(0)
    both = torch.cat([a, b])
    pair = torch.stack([a, a.flip(0)])
    back = x[:, :1].squeeze(1)
    return rows, planes, last, sums, both, pair, back


# %% wrong="seven_shapes: sorted from the largest down; breaks: a above a in reverse order, seen with a = (2, 5, 1)"
def seven_shapes(x: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors rows, planes, last, sums, both, pair and back, as the text above says."""
    rows = x.flatten(1)
    planes = x.flatten(0, 1)
    last = x.movedim(1, -1)
    sums = a.unsqueeze(1) + b.unsqueeze(0)
    both = torch.cat([a, b])
    pair = torch.stack([a, a.sort(descending=True).values])
    back = x[:, :1].squeeze(1)
    return rows, planes, last, sums, both, pair, back


# %% wrong="seven_shapes: squeeze() without an axis removes every axis of length 1; breaks: back is (n, height, width), seen with a batch of one picture or pictures of one row"
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


# %% right="mosaic: a blank sheet, and each picture written to its place in a loop"
def mosaic(pictures: torch.Tensor, columns: int) -> torch.Tensor:
    """One sheet of n pictures (n, height, width), so many in each row, blank (0) where they do not fill the last row."""
    n, height, width = pictures.shape
    lines = (n + columns - 1) // columns
    board = torch.zeros((lines * height, columns * width), dtype=pictures.dtype, device=pictures.device)
    for number, picture in enumerate(pictures):
        r, c = divmod(number, columns)
        board[r * height : (r + 1) * height, c * width : (c + 1) * width] = picture
    return board


# %% right="mosaic: strips glued from left to right, then from top to bottom"
def mosaic(pictures: torch.Tensor, columns: int) -> torch.Tensor:
    """One sheet of n pictures (n, height, width), so many in each row, blank (0) where they do not fill the last row."""
    blank = torch.zeros_like(pictures[0])
    tiles = list(pictures)
    while len(tiles) % columns:
        tiles.append(blank)
    strips = [torch.cat(tiles[i : i + columns], dim=1) for i in range(0, len(tiles), columns)]
    return torch.cat(strips, dim=0)


# %% right="mosaic: numpy, with the sheet read by swapaxes"
def mosaic(pictures: torch.Tensor, columns: int) -> torch.Tensor:
    """One sheet of n pictures (n, height, width), so many in each row, blank (0) where they do not fill the last row."""
    array = pictures.detach().numpy()
    missing = -len(array) % columns
    array = np.pad(array, ((0, missing), (0, 0), (0, 0)))
    count, height, width = array.shape
    four = array.reshape(count // columns, columns, height, width).swapaxes(1, 2)
    return torch.from_numpy(four.reshape(count // columns * height, columns * width).copy())


# %% wrong="mosaic: no more columns than pictures; breaks: if the last row is not full, its remaining places are blank, seen with 2 pictures and columns=5"
def mosaic(pictures: torch.Tensor, columns: int) -> torch.Tensor:
    """One sheet of n pictures (n, height, width), so many in each row, blank (0) where they do not fill the last row."""
    n, height, width = pictures.shape
    columns = min(columns, n)
    rows = -(-n // columns)
    full = pictures.new_zeros(rows * columns, height, width)
    full[:n] = pictures
    return full.reshape(rows, columns, height, width).permute(0, 2, 1, 3).reshape(rows * height, columns * width)


# %% wrong="mosaic: always one more row than full ones; breaks: n pictures on one sheet, columns in each row (blank only where the last row is not full), seen with 4 pictures in 2 columns"
def mosaic(pictures: torch.Tensor, columns: int) -> torch.Tensor:
    """One sheet of n pictures (n, height, width), so many in each row, blank (0) where they do not fill the last row."""
    n, height, width = pictures.shape
    rows = n // columns + 1
    blank = pictures.new_zeros(rows * columns - n, height, width)
    full = torch.cat([pictures, blank]).reshape(rows, columns, height, width)
    return full.transpose(1, 2).reshape(rows * height, columns * width)


# %% wrong="mosaic: reshaped without exchanging axes; breaks: each picture whole in its place, seen with pictures of two lines"
def mosaic(pictures: torch.Tensor, columns: int) -> torch.Tensor:
    """One sheet of n pictures (n, height, width), so many in each row, blank (0) where they do not fill the last row."""
    n, height, width = pictures.shape
    rows = -(-n // columns)
    blank = pictures.new_zeros(rows * columns - n, height, width)
    return torch.cat([pictures, blank]).reshape(rows * height, columns * width)


# %% wrong="mosaic: the pixel row runs before the row of pictures, so lines of pictures alternate; breaks: reading order of whole pictures, seen with pictures of two lines in two rows"
def mosaic(pictures: torch.Tensor, columns: int) -> torch.Tensor:
    """One sheet of n pictures (n, height, width), so many in each row, blank (0) where they do not fill the last row."""
    n, height, width = pictures.shape
    rows = -(-n // columns)
    blank = pictures.new_zeros(rows * columns - n, height, width)
    four = torch.cat([pictures, blank]).reshape(rows, columns, height, width)
    return four.permute(2, 0, 1, 3).reshape(rows * height, columns * width)


# %% wrong="mosaic: adds one blank picture at most; breaks: the remaining places of the last row are blank, seen with 4 pictures in 3 columns (an error)"
def mosaic(pictures: torch.Tensor, columns: int) -> torch.Tensor:
    """One sheet of n pictures (n, height, width), so many in each row, blank (0) where they do not fill the last row."""
    n, height, width = pictures.shape
    if n % columns != 0:
        pictures = torch.cat([pictures, torch.zeros_like(pictures[:1])])
    rows = len(pictures) // columns
    return pictures.reshape(rows, columns, height, width).permute(0, 2, 1, 3).reshape(rows * height, columns * width)


# %% right="one_hot: scatter out of place into rows with their dtype named, reshape for the index"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Rows (n, classes) of zeros with a 1.0 at each label; labels (n,) are whole numbers below `classes`."""
    rows = torch.zeros((labels.numel(), classes), dtype=torch.float32)
    index = labels.reshape(-1, 1)
    return rows.scatter(1, index, 1.0)


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    """Whether two tensors hold the same numbers, up to rounding."""
    try:
        torch.testing.assert_close(actual, expected)
    except AssertionError:
        return False
    return True


# %% right="one_hot: scatter_add_ of a column of ones, the error caught as a tuple of errors"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Rows (n, classes) of zeros with a 1.0 at each label; labels (n,) are whole numbers below `classes`."""
    rows = torch.zeros(len(labels), classes)
    index = labels.unsqueeze(-1)
    return rows.scatter_add_(1, index, torch.ones(len(labels), 1))


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    """Whether two tensors hold the same numbers, up to rounding."""
    try:
        torch.testing.assert_close(actual, expected)
    except (AssertionError,):
        return False
    return True


# %% right="one_hot: torch.full of 0.0, dimension -1, index by view"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Rows (n, classes) of zeros with a 1.0 at each label; labels (n,) are whole numbers below `classes`."""
    rows = torch.full((labels.shape[0], classes), 0.0)
    index = labels.long().view(-1, 1)
    return rows.scatter_(-1, index, 1)


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    """Whether two tensors hold the same numbers, up to rounding."""
    try:
        torch.testing.assert_close(actual, expected)
    except AssertionError:
        return False
    return True


# %% wrong="one_hot: as many columns as the largest label needs; breaks: rows (n, classes), seen with labels (0, 1) of 5 classes"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Rows (n, classes) of zeros with a 1.0 at each label; labels (n,) are whole numbers below `classes`."""
    rows = torch.zeros(len(labels), int(labels.max()) + 1)
    index = labels.unsqueeze(1)
    return rows.scatter_(1, index, 1.0)


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    """Whether two tensors hold the same numbers, up to rounding."""
    try:
        torch.testing.assert_close(actual, expected)
    except AssertionError:
        return False
    return True


# %% wrong="one_hot: rows of whole numbers, like the labels; breaks: the rows are float32, seen with the dtype of the result"
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


# %% wrong="one_hot: same waits for a RuntimeError, which never comes; breaks: same says True or False, seen with two tensors that differ (an AssertionError gets out)"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Rows (n, classes) of zeros with a 1.0 at each label; labels (n,) are whole numbers below `classes`."""
    rows = torch.zeros(len(labels), classes)
    index = labels.unsqueeze(1)
    return rows.scatter_(1, index, 1.0)


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    """Whether two tensors hold the same numbers, up to rounding."""
    try:
        torch.testing.assert_close(actual, expected)
    except RuntimeError:
        return False
    return True


# %% wrong="one_hot: same calls torch.allclose, which returns and does not raise, so it always says True; breaks: whether two tensors hold the same numbers, seen with two tensors that differ"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Rows (n, classes) of zeros with a 1.0 at each label; labels (n,) are whole numbers below `classes`."""
    rows = torch.zeros(len(labels), classes)
    index = labels.unsqueeze(1)
    return rows.scatter_(1, index, 1.0)


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    """Whether two tensors hold the same numbers, up to rounding."""
    try:
        torch.allclose(actual, expected)
    except AssertionError:
        return False
    return True


# %% wrong="one_hot: unsqueeze_ gives the caller's labels a second axis; breaks: it leaves its inputs unchanged, seen with the shape of the labels afterwards"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Rows (n, classes) of zeros with a 1.0 at each label; labels (n,) are whole numbers below `classes`."""
    rows = torch.zeros(len(labels), classes)
    index = labels.unsqueeze_(1)
    return rows.scatter_(1, index, 1.0)


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    """Whether two tensors hold the same numbers, up to rounding."""
    try:
        torch.testing.assert_close(actual, expected)
    except AssertionError:
        return False
    return True


# %% right="margins: the two best of each row by topk, and the second where the first is the label"
def margins(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """For each row, the score of its label minus the best other score: (n, classes) and (n,) in, (n,) out."""
    best, where = scores.topk(2, dim=1)
    rival = torch.where(where[:, 0] == labels, best[:, 1], best[:, 0])
    own = scores[torch.arange(len(scores)), labels]
    return own - rival


# %% right="margins: row by row, the others glued from the left and the right of the label"
def margins(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """For each row, the score of its label minus the best other score: (n, classes) and (n,) in, (n,) out."""
    if len(scores) == 0:
        return scores.sum(dim=1)
    found = []
    for line_of_scores, k in zip(scores, labels.tolist()):
        others = torch.cat([line_of_scores[:k], line_of_scores[k + 1 :]])
        found.append(line_of_scores[k] - others.max())
    return torch.stack(found)


# %% right="margins: a mask of the label's columns, minus infinity by masked_fill, the own score by a sum of where"
def margins(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """For each row, the score of its label minus the best other score: (n, classes) and (n,) in, (n,) out."""
    mine = torch.arange(scores.shape[1], device=labels.device)[None, :] == labels[:, None]
    own = torch.where(mine, scores, torch.zeros_like(scores)).sum(dim=1)
    return own - scores.masked_fill(mine, float("-inf")).amax(dim=1)


# %% wrong="margins: the right class is replaced by 0 among the others; breaks: minus the best score among the others, seen with negative scores"
def margins(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """For each row, the score of its label minus the best other score: (n, classes) and (n,) in, (n,) out."""
    index = labels[:, None]
    own = scores.gather(1, index).squeeze(1)
    others = scores.scatter(1, index, 0.0)
    return own - others.amax(dim=1)


# %% wrong="margins: removes every score that equals the right one; breaks: two scores of a row may be equal (the margin is 0 then), seen with scores (2, 2, 1) and label 0"
def margins(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """For each row, the score of its label minus the best other score: (n, classes) and (n,) in, (n,) out."""
    own = scores.gather(1, labels.unsqueeze(1))
    others = scores.masked_fill(scores == own, -torch.inf)
    return own.squeeze(1) - others.max(dim=1).values


# %% wrong="margins: squeeze() at the end removes the axis of the rows too; breaks: (n,) out, seen with a single row, which gives shape ()"
def margins(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """For each row, the score of its label minus the best other score: (n, classes) and (n,) in, (n,) out."""
    index = labels.unsqueeze(1)
    own = scores.gather(1, index)
    others = scores.scatter(1, index, -torch.inf).amax(dim=1, keepdim=True)
    return (own - others).squeeze()


# %% wrong="margins: -100 stands in for the right class; breaks: minus the best score among the others, seen with scores below -100, such as minus large distances"
def margins(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """For each row, the score of its label minus the best other score: (n, classes) and (n,) in, (n,) out."""
    n = torch.arange(len(labels))
    others = scores.clone()
    others[n, labels] = -100.0
    return scores[n, labels] - others.max(dim=1).values


# %% wrong="margins: a tensor made anew of plain numbers; breaks: gradients flow back to scores, seen with scores that require gradients"
def margins(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """For each row, the score of its label minus the best other score: (n, classes) and (n,) in, (n,) out."""
    result = []
    for values, k in zip(scores.tolist(), labels.tolist()):
        own = values.pop(k)
        result.append(own - max(values))
    return torch.tensor(result, dtype=scores.dtype)


# %% right="confusion: index_put_ with accumulate"
def confusion(truth: torch.Tensor, answers: torch.Tensor, classes: int) -> torch.Tensor:
    """How often each true class (row) got each answer (column): two (n,) of int64 in, (classes, classes) out."""
    counts = torch.zeros(classes, classes, dtype=torch.int64)
    return counts.index_put_((truth, answers), torch.ones_like(truth), accumulate=True)


# %% right="confusion: numpy's add.at on an array of int64"
def confusion(truth: torch.Tensor, answers: torch.Tensor, classes: int) -> torch.Tensor:
    """How often each true class (row) got each answer (column): two (n,) of int64 in, (classes, classes) out."""
    counts = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(counts, (truth.numpy(), answers.numpy()), 1)
    return torch.from_numpy(counts)


# %% right="confusion: one bincount of the answers for each true class"
def confusion(truth: torch.Tensor, answers: torch.Tensor, classes: int) -> torch.Tensor:
    """How often each true class (row) got each answer (column): two (n,) of int64 in, (classes, classes) out."""
    return torch.stack([torch.bincount(answers[truth == t], minlength=classes) for t in range(classes)])


# %% wrong="confusion: the table is as large as the largest class that occurs; breaks: a table (classes, classes), some classes may never occur, seen with 3 classes of which the last is missing"
def confusion(truth: torch.Tensor, answers: torch.Tensor, classes: int) -> torch.Tensor:
    """How often each true class (row) got each answer (column): two (n,) of int64 in, (classes, classes) out."""
    k = int(torch.cat([truth, answers]).max()) + 1
    return torch.bincount(truth * k + answers, minlength=k * k).reshape(k, k)


# %% wrong="confusion: counts are float32 out of a product of one-hot rows; breaks: a table of whole numbers, seen with the dtype of the result"
def confusion(truth: torch.Tensor, answers: torch.Tensor, classes: int) -> torch.Tensor:
    """How often each true class (row) got each answer (column): two (n,) of int64 in, (classes, classes) out."""
    eye = torch.eye(classes)
    return eye[truth].T @ eye[answers]


# %% wrong="confusion: counts in int16, which end at 32,767; breaks: says how many pictures, and there will be 200,000, seen with 40,000 equal pairs"
def confusion(truth: torch.Tensor, answers: torch.Tensor, classes: int) -> torch.Tensor:
    """How often each true class (row) got each answer (column): two (n,) of int64 in, (classes, classes) out."""
    counts = torch.zeros(classes * classes, dtype=torch.int16)
    counts.scatter_add_(0, truth * classes + answers, torch.ones(len(truth), dtype=torch.int16))
    return counts.reshape(classes, classes)


# %% wrong="confusion: an empty table when there are no pictures; breaks: (classes, classes) out, there may be no pictures at all, seen with two empty tensors"
def confusion(truth: torch.Tensor, answers: torch.Tensor, classes: int) -> torch.Tensor:
    """How often each true class (row) got each answer (column): two (n,) of int64 in, (classes, classes) out."""
    if len(truth) == 0:
        return torch.zeros(0, 0, dtype=torch.int64)
    return torch.bincount(truth * classes + answers, minlength=classes**2).view(classes, classes)


# %% wrong="confusion: the pairs' numbers are worked out in the caller's truth; breaks: it leaves its inputs unchanged, seen with truth afterwards"
def confusion(truth: torch.Tensor, answers: torch.Tensor, classes: int) -> torch.Tensor:
    """How often each true class (row) got each answer (column): two (n,) of int64 in, (classes, classes) out."""
    code = truth
    code *= classes
    code += answers
    return torch.bincount(code, minlength=classes**2).reshape(classes, classes)


# %% right="two_tables: Python's csv module and dictionaries, no pandas"
def two_tables(train: str, test: str) -> tuple[torch.Tensor, torch.Tensor]:
    """The inputs of both tables, filled and coded by what the training table holds."""
    import csv

    def read(text):
        return list(csv.DictReader(io.StringIO(text)))

    learn, judge = read(train), read(test)
    kinds = sorted({line["kind"] for line in learn if line["kind"]})
    mean = {}
    for name in ("gears", "weight"):
        known = [float(line[name]) for line in learn if line[name]]
        mean[name] = sum(known) / len(known)

    def code(lines):
        coded = [
            [float(line[name]) if line[name] else mean[name] for name in ("gears", "weight")]
            + [float(line["kind"] == kind) for kind in kinds]
            for line in lines
        ]
        return torch.tensor(coded, dtype=torch.float32).reshape(len(lines), 2 + len(kinds))

    return code(learn), code(judge)


# %% right="two_tables: get_dummies of each table, brought to the training table's columns by reindex"
def two_tables(train: str, test: str) -> tuple[torch.Tensor, torch.Tensor]:
    """The inputs of both tables, filled and coded by what the training table holds."""
    frames = [pd.read_csv(io.StringIO(text)) for text in (train, test)]
    means = frames[0][["gears", "weight"]].mean()
    words = sorted(frames[0]["kind"].dropna().unique())
    results = []
    for one in frames:
        numbers = one[["gears", "weight"]].fillna(means).to_numpy(dtype=np.float32)
        dummies = pd.get_dummies(one["kind"], dtype=float).reindex(columns=words, fill_value=0.0)
        results.append(torch.from_numpy(np.hstack([numbers, dummies.to_numpy(dtype=np.float32)])))
    return results[0], results[1]


# %% right="two_tables: a class that fits on one table and transforms both, holes filled in torch"
def two_tables(train: str, test: str) -> tuple[torch.Tensor, torch.Tensor]:
    """The inputs of both tables, filled and coded by what the training table holds."""

    class Coder:
        def __init__(self, table_read):
            self.means = torch.tensor([table_read["gears"].mean(), table_read["weight"].mean()], dtype=torch.float64)
            self.kinds = sorted(set(table_read["kind"].dropna()))

        def __call__(self, table_read):
            numbers = torch.tensor(table_read[["gears", "weight"]].to_numpy(dtype=float))
            numbers = torch.where(numbers.isnan(), self.means, numbers)
            flags = [torch.tensor((table_read["kind"] == kind).to_numpy(dtype=float)) for kind in self.kinds]
            return torch.cat([numbers, torch.stack(flags, dim=1)], dim=1).float()

    learn, judge = pd.read_csv(io.StringIO(train)), pd.read_csv(io.StringIO(test))
    coder = Coder(learn)
    return coder(learn), coder(judge)


# %% wrong="two_tables: columns for the kinds of both tables; breaks: one column for each kind that occurs in the training table, seen with a test table that has an unknown kind"
def two_tables(train: str, test: str) -> tuple[torch.Tensor, torch.Tensor]:
    """The inputs of both tables, filled and coded by what the training table holds."""
    a, b = pd.read_csv(io.StringIO(train)), pd.read_csv(io.StringIO(test))
    means = a[["gears", "weight"]].mean()
    kinds = sorted(pd.concat([a["kind"], b["kind"]]).dropna().unique())
    out = []
    for t in (a, b):
        inputs = t[["gears", "weight"]].fillna(means)
        for kind in kinds:
            inputs[kind] = (t["kind"] == kind).astype(float)
        out.append(torch.tensor(inputs.to_numpy(dtype=float), dtype=torch.float32))
    return tuple(out)


# %% wrong="two_tables: each table gets the dummies of its own kinds; breaks: one column for each kind of the training table, seen with a test table in which a kind is missing"
def two_tables(train: str, test: str) -> tuple[torch.Tensor, torch.Tensor]:
    """The inputs of both tables, filled and coded by what the training table holds."""
    a, b = pd.read_csv(io.StringIO(train)), pd.read_csv(io.StringIO(test))
    means = a[["gears", "weight"]].mean()

    def prepare(t):
        numbers = t[["gears", "weight"]].fillna(means)
        inputs = pd.concat([numbers, pd.get_dummies(t["kind"], dtype=float)], axis=1)
        return torch.tensor(inputs.to_numpy(dtype=float), dtype=torch.float32)

    return prepare(a), prepare(b)


# %% wrong="two_tables: fills with the median; breaks: every hole is filled with the mean, seen with three numbers such as 1, 2, 9 in a column"
def two_tables(train: str, test: str) -> tuple[torch.Tensor, torch.Tensor]:
    """The inputs of both tables, filled and coded by what the training table holds."""
    a, b = pd.read_csv(io.StringIO(train)), pd.read_csv(io.StringIO(test))
    middle_values = a[["gears", "weight"]].median()
    kinds = sorted(a["kind"].dropna().unique())
    out = []
    for t in (a, b):
        inputs = t[["gears", "weight"]].fillna(middle_values)
        for kind in kinds:
            inputs[kind] = (t["kind"] == kind).astype(float)
        out.append(torch.tensor(inputs.to_numpy(dtype=float), dtype=torch.float32))
    return tuple(out)


# %% wrong="two_tables: a hole among the kinds is filled with the commonest kind; breaks: a bicycle whose kind is a hole has zeros in all of them, seen with an empty kind"
def two_tables(train: str, test: str) -> tuple[torch.Tensor, torch.Tensor]:
    """The inputs of both tables, filled and coded by what the training table holds."""
    a, b = pd.read_csv(io.StringIO(train)), pd.read_csv(io.StringIO(test))
    means = a[["gears", "weight"]].mean()
    kinds = sorted(a["kind"].dropna().unique())
    commonest = a["kind"].mode()[0]
    out = []
    for t in (a, b):
        inputs = t[["gears", "weight"]].fillna(means)
        filled_kind = [word if isinstance(word, str) else commonest for word in t["kind"]]
        for kind in kinds:
            inputs[kind] = [float(word == kind) for word in filled_kind]
        out.append(torch.tensor(inputs.to_numpy(dtype=float), dtype=torch.float32))
    return tuple(out)


# %% wrong="two_tables: the weights of the test table are filled with its own mean; breaks: filled with the mean of that column of the training table, seen with a missing weight in the test table"
def two_tables(train: str, test: str) -> tuple[torch.Tensor, torch.Tensor]:
    """The inputs of both tables, filled and coded by what the training table holds."""
    a, b = pd.read_csv(io.StringIO(train)), pd.read_csv(io.StringIO(test))
    gears_mean = a["gears"].mean()
    kinds = sorted(a["kind"].dropna().unique())
    out = []
    for t in (a, b):
        columns = [t["gears"].fillna(gears_mean), t["weight"].fillna(t["weight"].mean())]
        columns += [(t["kind"] == kind).astype(float) for kind in kinds]
        out.append(torch.tensor(np.stack([c.to_numpy(dtype=float) for c in columns], axis=1), dtype=torch.float32))
    return tuple(out)


# %% right="sentences: matmul, other letters, the diagonal summed without an arrow"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors moved, mapped, alike, pairs, trace and forms, as the text above says."""
    moved = torch.einsum("ij,bj->bi", a, x)
    mapped = a.matmul(v)
    alike = torch.einsum("pi,qi->pq", x, y)
    pairs = torch.einsum("pi,pi->p", x, y)
    trace = torch.einsum("ii", a)
    forms = torch.einsum("bj,ji,bi->b", x, a, x)
    return moved, mapped, alike, pairs, trace, forms


# %% right="sentences: mv, ellipses for the batch, spaces between the letters"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors moved, mapped, alike, pairs, trace and forms, as the text above says."""
    moved = torch.einsum("ij,bj->bi", a, x)
    mapped = a.mv(v)
    alike = torch.einsum("b i, c i -> b c", x, y)
    pairs = torch.einsum("...i,...i->...", x, y)
    trace = torch.einsum("ii->", a)
    forms = torch.einsum("...i,ij,...j->...", x, a, x)
    return moved, mapped, alike, pairs, trace, forms


# %% right="sentences: inner, and capital letters for the batch"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors moved, mapped, alike, pairs, trace and forms, as the text above says."""
    moved = torch.einsum("ij,bj->bi", a, x)
    mapped = a.inner(v)
    alike = torch.einsum("Ai,Bi->AB", x, y)
    pairs = torch.einsum("Bi,Bi->B", x, y)
    trace = torch.einsum("jj->", a)
    forms = torch.einsum("Bi,ij,Bj->B", x, a, x)
    return moved, mapped, alike, pairs, trace, forms


# %% wrong="sentences: alike is transposed; breaks: the dot product of every row of x with every row of y (rows of x first), seen with x and y whose products are not symmetric"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors moved, mapped, alike, pairs, trace and forms, as the text above says."""
    moved = torch.einsum("ij,bj->bi", a, x)
    mapped = a.mv(v)
    alike = torch.einsum("bi,ci->cb", x, y)
    pairs = torch.einsum("bi,bi->b", x, y)
    trace = torch.einsum("ii->", a)
    forms = torch.einsum("bi,ij,bj->b", x, a, x)
    return moved, mapped, alike, pairs, trace, forms


# %% wrong="sentences: the last x has the letter i again; breaks: forms is the sum of x_i a_ij x_j, seen with any matrix that is not diagonal"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors moved, mapped, alike, pairs, trace and forms, as the text above says."""
    moved = torch.einsum("ij,bj->bi", a, x)
    mapped = a.mv(v)
    alike = torch.einsum("bi,ci->bc", x, y)
    pairs = torch.einsum("bi,bi->b", x, y)
    trace = torch.einsum("ii->", a)
    forms = torch.einsum("bi,ij,bi->b", x, a, x)
    return moved, mapped, alike, pairs, trace, forms


# %% wrong="sentences: forms pairs every row with every row; breaks: forms (batch,), for each row, seen with the shape of forms"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors moved, mapped, alike, pairs, trace and forms, as the text above says."""
    moved = torch.einsum("ij,bj->bi", a, x)
    mapped = a.mv(v)
    alike = torch.einsum("bi,ci->bc", x, y)
    pairs = torch.einsum("bi,bi->b", x, y)
    trace = torch.einsum("ii->", a)
    forms = torch.einsum("bi,ij,cj->bc", x, a, x)
    return moved, mapped, alike, pairs, trace, forms


# %% wrong="sentences: forms uses the diagonal of a alone; breaks: forms sums over i and j, seen with any matrix that is not diagonal"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors moved, mapped, alike, pairs, trace and forms, as the text above says."""
    moved = torch.einsum("ij,bj->bi", a, x)
    mapped = a.mv(v)
    alike = torch.einsum("bi,ci->bc", x, y)
    pairs = torch.einsum("bi,bi->b", x, y)
    trace = torch.einsum("ii->", a)
    forms = torch.einsum("bi,ii,bi->b", x, a, x)
    return moved, mapped, alike, pairs, trace, forms


# %% wrong="sentences: the transposed matrix times the vector; breaks: mapped is the matrix a times the vector v, seen with a matrix that is not symmetric"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors moved, mapped, alike, pairs, trace and forms, as the text above says."""
    moved = torch.einsum("ij,bj->bi", a, x)
    mapped = a.T.mv(v)
    alike = torch.einsum("bi,ci->bc", x, y)
    pairs = torch.einsum("bi,bi->b", x, y)
    trace = torch.einsum("ii->", a)
    forms = torch.einsum("bi,ij,bj->b", x, a, x)
    return moved, mapped, alike, pairs, trace, forms


# %% right="landscape: rows and columns repeated straight into one long axis"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The places (height * width, 2), the picture (height, width) of height_at(places), and it without its rows' means."""
    rows = repeat(torch.arange(height), "h -> (h w)", w=width)
    columns = repeat(torch.arange(width), "w -> (h w)", h=height)
    places = rearrange(torch.stack([rows, columns]), "two place -> place two")
    values = height_at(places)
    picture = rearrange(values, "(h w) -> h w", w=width)
    means = reduce(picture, "h w -> h 1", "mean")
    return places, picture, picture - means


# %% right="landscape: long names, the two tables with columns in front until places is made"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The places (height * width, 2), the picture (height, width) of height_at(places), and it without its rows' means."""
    rows = repeat(torch.arange(height), "row -> column row", column=width)
    columns = repeat(torch.arange(width), "column -> column row", row=height)
    places = rearrange(torch.stack([rows, columns]), "pair column row -> (row column) pair")
    values = height_at(places)
    picture = rearrange(values, "(row column) -> row column", row=height, column=width)
    means = reduce(picture, "row column -> row 1", reduction="mean")
    return places, picture, picture - means


# %% right="landscape: the usual tables, empty brackets for the axis that is kept"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The places (height * width, 2), the picture (height, width) of height_at(places), and it without its rows' means."""
    rows = repeat(torch.arange(height), "h -> h w", w=width)
    columns = repeat(torch.arange(width), "w -> h w", h=height)
    places = rearrange(torch.stack([rows, columns]), "two h w -> (h w) two")
    values = height_at(places)
    picture = rearrange(values, "(h w) -> h w", h=height)
    means = reduce(picture, "h w -> h ()", "mean")
    return places, picture, picture - means


# %% wrong="landscape: the example's two rows of three are written into the code; breaks: places (height * width, 2) for any height and width, seen with 3 rows of 4"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The places (height * width, 2), the picture (height, width) of height_at(places), and it without its rows' means."""
    rows = repeat(torch.arange(height), "h -> h w", w=3)
    columns = repeat(torch.arange(width), "w -> h w", h=2)
    places = rearrange(torch.stack([rows, columns]), "two h w -> (h w) two")
    values = height_at(places)
    picture = rearrange(values, "(h w) -> h w", h=2)
    means = reduce(picture, "h w -> h 1", "mean")
    return places, picture, picture - means


# %% wrong="landscape: places run down the columns (the picture is read back the same way, so it is right); breaks: places in reading order, seen with 2 rows of 3"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The places (height * width, 2), the picture (height, width) of height_at(places), and it without its rows' means."""
    rows = repeat(torch.arange(height), "h -> h w", w=width)
    columns = repeat(torch.arange(width), "w -> h w", h=height)
    places = rearrange(torch.stack([rows, columns]), "two h w -> (w h) two")
    values = height_at(places)
    picture = rearrange(values, "(w h) -> h w", h=height)
    means = reduce(picture, "h w -> h 1", "mean")
    return places, picture, picture - means


# %% wrong="landscape: subtracts the mean of each column; breaks: relief has the mean of each row subtracted, seen with any landscape that is not flat"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The places (height * width, 2), the picture (height, width) of height_at(places), and it without its rows' means."""
    rows = repeat(torch.arange(height), "h -> h w", w=width)
    columns = repeat(torch.arange(width), "w -> h w", h=height)
    places = rearrange(torch.stack([rows, columns]), "two h w -> (h w) two")
    values = height_at(places)
    picture = rearrange(values, "(h w) -> h w", h=height)
    means = reduce(picture, "h w -> 1 w", "mean")
    return places, picture, picture - means


# %% wrong="landscape: subtracts the mean of the whole picture; breaks: relief has the mean of each row subtracted, seen with rows of different means"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The places (height * width, 2), the picture (height, width) of height_at(places), and it without its rows' means."""
    rows = repeat(torch.arange(height), "h -> h w", w=width)
    columns = repeat(torch.arange(width), "w -> h w", h=height)
    places = rearrange(torch.stack([rows, columns]), "two h w -> (h w) two")
    values = height_at(places)
    picture = rearrange(values, "(h w) -> h w", h=height)
    means = reduce(picture, "h w -> 1 1", "mean")
    return places, picture, picture - means


# %% wrong="landscape: the numbers are read as a picture with rows and columns exchanged; breaks: landscape (height, width), seen with 2 rows of 3 (shape (3, 2))"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The places (height * width, 2), the picture (height, width) of height_at(places), and it without its rows' means."""
    rows = repeat(torch.arange(height), "h -> h w", w=width)
    columns = repeat(torch.arange(width), "w -> h w", h=height)
    places = rearrange(torch.stack([rows, columns]), "two h w -> (h w) two")
    values = height_at(places)
    picture = rearrange(values, "(h w) -> w h", h=height)
    means = reduce(picture, "w h -> w 1", "mean")
    return places, picture, picture - means


# %% right="controls: asks every tensor for its strides"
def controls(a, b, square, v, w) -> tuple[torch.Tensor, ...]:
    """The tensors again, steps, trace, mv, mm and outer, as the text above says."""
    (n, m), p = a.shape, b.shape[1]
    again = torch.as_strided(a, a.shape, a.stride())
    steps = torch.as_strided(v, (2, 3), v.stride() * 2)
    trace = torch.as_strided(square, (len(square),), (sum(square.stride()),)).sum()
    mv = (a * torch.as_strided(v, a.shape, (0, v.stride(0)))).sum(dim=1)
    left = torch.as_strided(a, (n, m, p), (*a.stride(), 0))
    right = torch.as_strided(b, (n, m, p), (0, *b.stride()))
    mm = (left * right).sum(dim=1)
    outer = torch.as_strided(w, (n, m), (w.stride(0), 0)) * torch.as_strided(v, (n, m), (0, v.stride(0)))
    return again, steps, trace, mv, mm, outer


# %% right="controls: keyword arguments and lists for sizes and strides"
def controls(a, b, square, v, w) -> tuple[torch.Tensor, ...]:
    """The tensors again, steps, trace, mv, mm and outer, as the text above says."""
    (n, m), p = a.shape, b.shape[1]
    again = torch.as_strided(a, size=[n, m], stride=[m, 1])
    steps = torch.as_strided(v, size=[2, 3], stride=[1, 1])
    trace = torch.as_strided(square, size=[n], stride=[n + 1]).sum()
    mv = (a * torch.as_strided(v, size=[n, m], stride=[0, 1])).sum(dim=1)
    left = torch.as_strided(a, (n, m, p), stride=[m, 1, 0])
    right = torch.as_strided(b, (n, m, p), stride=[0, p, 1])
    mm = (left * right).sum(dim=1)
    outer = torch.as_strided(w, (n, m), stride=[1, 0]) * torch.as_strided(v, (n, m), stride=[0, 1])
    return again, steps, trace, mv, mm, outer


# %% right="controls: the diagonal as a column of shape (n, 1), the vector in mv as one row that broadcasting stretches"
def controls(a, b, square, v, w) -> tuple[torch.Tensor, ...]:
    """The tensors again, steps, trace, mv, mm and outer, as the text above says."""
    (n, m), p = a.shape, b.shape[1]
    again = torch.as_strided(a, (n, m), (m, 1))
    steps = torch.as_strided(v, (2, 3), (1, 1))
    trace = torch.as_strided(square, (n, 1), (n + 1, 1)).sum()
    mv = (a * torch.as_strided(v, (1, m), (m, 1))).sum(dim=1)
    left = torch.as_strided(a, (n, m, p), (m, 1, 0))
    right = torch.as_strided(b, (n, m, p), (0, p, 1))
    mm = (left * right).sum(dim=1)
    outer = torch.as_strided(w, (n, m), (1, 0)) * torch.as_strided(v, (n, m), (0, 1))
    return again, steps, trace, mv, mm, outer


# %% wrong="controls: a row is believed to be n numbers long; breaks: again is a itself, seen with n other than m"
def controls(a, b, square, v, w) -> tuple[torch.Tensor, ...]:
    """The tensors again, steps, trace, mv, mm and outer, as the text above says."""
    (n, m), p = a.shape, b.shape[1]
    again = torch.as_strided(a, (n, m), (n, 1))
    steps = torch.as_strided(v, (2, 3), (1, 1))
    trace = torch.as_strided(square, (n,), (n + 1,)).sum()
    mv = (a * torch.as_strided(v, (n, m), (0, 1))).sum(dim=1)
    left = torch.as_strided(a, (n, m, p), (m, 1, 0))
    right = torch.as_strided(b, (n, m, p), (0, p, 1))
    mm = (left * right).sum(dim=1)
    outer = torch.as_strided(w, (n, m), (1, 0)) * torch.as_strided(v, (n, m), (0, 1))
    return again, steps, trace, mv, mm, outer


# %% wrong="controls: both rows of steps begin at v0; breaks: steps is (v0, v1, v2) and (v1, v2, v3), seen with any v of different numbers"
def controls(a, b, square, v, w) -> tuple[torch.Tensor, ...]:
    """The tensors again, steps, trace, mv, mm and outer, as the text above says."""
    (n, m), p = a.shape, b.shape[1]
    again = torch.as_strided(a, (n, m), (m, 1))
    steps = torch.as_strided(v, (2, 3), (0, 1))
    trace = torch.as_strided(square, (n,), (n + 1,)).sum()
    mv = (a * torch.as_strided(v, (n, m), (0, 1))).sum(dim=1)
    left = torch.as_strided(a, (n, m, p), (m, 1, 0))
    right = torch.as_strided(b, (n, m, p), (0, p, 1))
    mm = (left * right).sum(dim=1)
    outer = torch.as_strided(w, (n, m), (1, 0)) * torch.as_strided(v, (n, m), (0, 1))
    return again, steps, trace, mv, mm, outer


# %% wrong="controls: b is walked through column by column, as if it were stored so; breaks: mm is a times b, seen with any b whose numbers differ"
def controls(a, b, square, v, w) -> tuple[torch.Tensor, ...]:
    """The tensors again, steps, trace, mv, mm and outer, as the text above says."""
    (n, m), p = a.shape, b.shape[1]
    again = torch.as_strided(a, (n, m), (m, 1))
    steps = torch.as_strided(v, (2, 3), (1, 1))
    trace = torch.as_strided(square, (n,), (n + 1,)).sum()
    mv = (a * torch.as_strided(v, (n, m), (0, 1))).sum(dim=1)
    left = torch.as_strided(a, (n, m, p), (m, 1, 0))
    right = torch.as_strided(b, (n, m, p), (0, 1, m))
    mm = (left * right).sum(dim=1)
    outer = torch.as_strided(w, (n, m), (1, 0)) * torch.as_strided(v, (n, m), (0, 1))
    return again, steps, trace, mv, mm, outer


# %% wrong="controls: the trace of the two by two example; breaks: trace is the sum of the diagonal of square (n, n), seen with n = 3"
def controls(a, b, square, v, w) -> tuple[torch.Tensor, ...]:
    """The tensors again, steps, trace, mv, mm and outer, as the text above says."""
    (n, m), p = a.shape, b.shape[1]
    again = torch.as_strided(a, (n, m), (m, 1))
    steps = torch.as_strided(v, (2, 3), (1, 1))
    trace = torch.as_strided(square, (2,), (3,)).sum()
    mv = (a * torch.as_strided(v, (n, m), (0, 1))).sum(dim=1)
    left = torch.as_strided(a, (n, m, p), (m, 1, 0))
    right = torch.as_strided(b, (n, m, p), (0, p, 1))
    mm = (left * right).sum(dim=1)
    outer = torch.as_strided(w, (n, m), (1, 0)) * torch.as_strided(v, (n, m), (0, 1))
    return again, steps, trace, mv, mm, outer


# %% wrong="controls: an offset of 0 everywhere; breaks: each may begin anywhere in its memory, leave the offset to as_strided, seen with inputs that are slices of a longer row"
def controls(a, b, square, v, w) -> tuple[torch.Tensor, ...]:
    """The tensors again, steps, trace, mv, mm and outer, as the text above says."""
    (n, m), p = a.shape, b.shape[1]
    again = torch.as_strided(a, (n, m), (m, 1), 0)
    steps = torch.as_strided(v, (2, 3), (1, 1), 0)
    trace = torch.as_strided(square, (n,), (n + 1,), 0).sum()
    mv = (a * torch.as_strided(v, (n, m), (0, 1), 0)).sum(dim=1)
    left = torch.as_strided(a, (n, m, p), (m, 1, 0), 0)
    right = torch.as_strided(b, (n, m, p), (0, p, 1), 0)
    mm = (left * right).sum(dim=1)
    outer = torch.as_strided(w, (n, m), (1, 0), 0) * torch.as_strided(v, (n, m), (0, 1), 0)
    return again, steps, trace, mv, mm, outer


# %% right="blur: shifted slices added up, size times size of them"
def blur(picture: torch.Tensor, size: int) -> torch.Tensor:
    """The mean of every size x size window of a picture: (height, width) in, (height - size + 1, width - size + 1) out."""
    tall, wide = (length - size + 1 for length in picture.shape)
    total = 0
    for i in range(size):
        for j in range(size):
            total = total + picture[i : i + tall, j : j + wide]
    return total / size**2


# %% right="blur: two band matrices, one from the left and one from the right"
def blur(picture: torch.Tensor, size: int) -> torch.Tensor:
    """The mean of every size x size window of a picture: (height, width) in, (height - size + 1, width - size + 1) out."""

    def band_of(length):
        ahead = torch.arange(length)[None, :] - torch.arange(length - size + 1)[:, None]
        return ((ahead >= 0) & (ahead < size)).to(picture.dtype) / size

    return band_of(picture.shape[0]) @ picture @ band_of(picture.shape[1]).T


# %% right="blur: a contiguous copy first, then a strided view of it, and the mean of flattened windows"
def blur(picture: torch.Tensor, size: int) -> torch.Tensor:
    """The mean of every size x size window of a picture: (height, width) in, (height - size + 1, width - size + 1) out."""
    own = picture.clone(memory_format=torch.contiguous_format)
    h, w = own.shape
    down, across = own.stride()
    windows = own.as_strided((h - size + 1, w - size + 1, size, size), (down, across, down, across))
    return windows.flatten(2).mean(dim=2)


# %% wrong="blur: strides (width, 1) are assumed; breaks: the picture may be any view, transposed, sliced or stretched, seen with a transposed picture"
def blur(picture: torch.Tensor, size: int) -> torch.Tensor:
    """The mean of every size x size window of a picture: (height, width) in, (height - size + 1, width - size + 1) out."""
    h, w = picture.shape
    windows = torch.as_strided(picture, (h - size + 1, w - size + 1, size, size), (w, 1, w, 1))
    return windows.mean(dim=(2, 3))


# %% wrong="blur: works on a detached picture; breaks: gradients flow back to picture, seen with a picture that requires gradients"
def blur(picture: torch.Tensor, size: int) -> torch.Tensor:
    """The mean of every size x size window of a picture: (height, width) in, (height - size + 1, width - size + 1) out."""
    array = picture.detach().numpy()
    windows = np.lib.stride_tricks.sliding_window_view(array, (size, size))
    return torch.from_numpy(windows.mean(axis=(2, 3)))


# %% wrong="blur: the sum is divided by 2 * size in place of size squared; breaks: the means of all windows, seen with size 3"
def blur(picture: torch.Tensor, size: int) -> torch.Tensor:
    """The mean of every size x size window of a picture: (height, width) in, (height - size + 1, width - size + 1) out."""
    h, w = picture.shape
    s0, s1 = picture.stride()
    windows = picture.as_strided((h - size + 1, w - size + 1, size, size), (s0, s1, s0, s1))
    return windows.sum(dim=(2, 3)) / (2 * size)


# %% wrong="blur: takes the picture for a square; breaks: (height - size + 1, width - size + 1), seen with a picture of 4 by 5"
def blur(picture: torch.Tensor, size: int) -> torch.Tensor:
    """The mean of every size x size window of a picture: (height, width) in, (height - size + 1, width - size + 1) out."""
    n = min(picture.shape) - size + 1
    windows = [[picture[i : i + size, j : j + size].mean() for j in range(n)] for i in range(n)]
    return torch.stack([torch.stack(line_of_means) for line_of_means in windows])


# %% wrong="blur: an offset of 0, so it reads from the beginning of the memory; breaks: the picture may be any view, sliced, seen with the lower half of a larger picture"
def blur(picture: torch.Tensor, size: int) -> torch.Tensor:
    """The mean of every size x size window of a picture: (height, width) in, (height - size + 1, width - size + 1) out."""
    h, w = picture.shape
    s0, s1 = picture.stride()
    windows = torch.as_strided(picture, (h - size + 1, w - size + 1, size, size), (s0, s1, s0, s1), 0)
    return windows.mean(dim=(2, 3))


# %% right="drawings: places as three digits, np.ndindex for the pairs, reshape, the sign turned by hand"
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
    grid = np.ndindex(rows, columns)
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
    slope, shift = layer.weight[0, 0].item(), layer.bias[0].item()
    y = layer(x.reshape(-1, 1)).squeeze(1).detach().numpy()
    figure = plt.figure(figsize=(4, 2))
    axis = figure.add_subplot()
    axis.plot(x.numpy(), y)
    sign = "−" if shift < 0 else "+"
    steep, high = format(slope, "0.2f"), format(-shift if shift < 0 else shift, "0.2f")
    axis.set_title(f"y = {steep} x {sign} {high}")
    return figure


# %% right="drawings: slope and shift stay detached tensors until they are formatted, a list of pairs, lengths by shape"
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
    grid = list(product(range(rows), range(columns)))
    for place, (row, column) in enumerate(grid):
        axes[row, column].imshow(pictures[place], cmap="gray_r")
        axes[row, column].set_title(titles[place])
    return figure


def contours(f, xs, ys):
    """Lines of equal height of f(x, y) over a grid of places."""
    across = repeat(xs, "across -> up across", up=ys.shape[0])
    up = repeat(ys, "up -> up across", across=xs.shape[0])
    heights = np.vectorize(f)(across, up)
    figure = plt.figure(figsize=(3, 3))
    figure.add_subplot().contour(across, up, heights)
    return figure


def fitted(layer, x):
    """The line of a layer nn.Linear(1, 1) over x, with its formula as title."""
    slope, shift = layer.weight.detach().squeeze(), layer.bias.detach().squeeze()
    y = layer(x.unsqueeze(-1)).squeeze(1).detach().cpu().numpy()
    figure = plt.figure(figsize=(4, 2))
    axis = figure.add_subplot()
    axis.plot(x.numpy(), y)
    sign = "−" if shift < 0 else "+"
    steep, high = format(slope.item(), ".2f"), format(shift.abs().item(), ".2f")
    axis.set_title(f"y = {steep} x {sign} {high}")
    return figure


# %% right="drawings: subplots and pairs by a sorted set, y by view, format with f"
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
    grid = sorted({(r, c) for r in range(rows) for c in range(columns)})
    for place, (row, column) in enumerate(grid):
        axes[row, column].imshow(pictures[place], cmap="gray_r")
        axes[row, column].set_title(titles[place])
    return figure


def contours(f, xs, ys):
    """Lines of equal height of f(x, y) over a grid of places."""
    across = repeat(xs, "n -> m n", m=len(ys))
    up = repeat(ys, "m -> m n", n=len(xs))
    heights = np.vectorize(f)(across, up)
    figure = plt.figure(figsize=(3, 3))
    figure.add_subplot().contour(across, up, heights)
    return figure


def fitted(layer, x):
    """The line of a layer nn.Linear(1, 1) over x, with its formula as title."""
    slope, shift = layer.weight.item(), layer.bias.item()
    y = layer(x.view(len(x), 1)).squeeze(1).detach().clone().numpy()
    figure = plt.figure(figsize=(4, 2))
    axis = figure.add_subplot()
    axis.plot(x.numpy(), y)
    sign = "−" if shift < 0 else "+"
    steep, high = format(slope, ".2f"), format(max(shift, -shift), ".2f")
    axis.set_title(f"y = {steep} x {sign} {high}")
    return figure


# %% wrong="drawings: the right axes have a scale of their own; breaks: profiles puts two curves side by side with one vertical scale, seen with curves of different heights"
def profiles(x, first, second, title, xlabel, ylabel):
    """Two curves side by side, with one vertical scale."""
    figure = plt.figure(figsize=(6, 2))
    left = figure.add_subplot(1, 2, 1)
    right = figure.add_subplot(1, 2, 2)
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
    y = layer(x.unsqueeze(1)).squeeze(1).detach().numpy()
    figure = plt.figure(figsize=(4, 2))
    axis = figure.add_subplot()
    axis.plot(x.numpy(), y)
    sign = "−" if shift < 0 else "+"
    steep, high = format(slope, ".2f"), format(abs(shift), ".2f")
    axis.set_title(f"y = {steep} x {sign} {high}")
    return figure


# %% wrong="drawings: zip walks along the diagonal of the grid; breaks: one loop over all pairs of a row and a column, seen with four pictures on 2 by 2 (two are drawn)"
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
    grid = zip(range(rows), range(columns))
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
    y = layer(x.unsqueeze(1)).squeeze(1).detach().numpy()
    figure = plt.figure(figsize=(4, 2))
    axis = figure.add_subplot()
    axis.plot(x.numpy(), y)
    sign = "−" if shift < 0 else "+"
    steep, high = format(slope, ".2f"), format(abs(shift), ".2f")
    axis.set_title(f"y = {steep} x {sign} {high}")
    return figure


# %% wrong="drawings: filled bands; breaks: contours draws lines of equal height, seen with any f"
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
    figure.add_subplot().contourf(across, up, heights)
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


# %% wrong="drawings: the shift keeps its own sign behind the sign; breaks: the formula such as y = 2.00 x − 0.50, seen with a negative shift (− -0.50)"
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
    y = layer(x.unsqueeze(1)).squeeze(1).detach().numpy()
    figure = plt.figure(figsize=(4, 2))
    axis = figure.add_subplot()
    axis.plot(x.numpy(), y)
    sign = "−" if shift < 0 else "+"
    steep, high = format(slope, ".2f"), format(shift, ".2f")
    axis.set_title(f"y = {steep} x {sign} {high}")
    return figure


# %% wrong="drawings: the lengths of xs and ys are exchanged; breaks: the arrays are of shape (len(ys), len(xs)) both, seen with 3 xs and 4 ys (an error)"
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
    across = repeat(xs, "x -> y x", y=len(xs))
    up = repeat(ys, "y -> y x", x=len(ys))
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


# %% right="mean_pictures: the list of one tensor stays, but nothing is added in place"
def mean_pictures(pictures: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    """The mean picture of each class, (classes, height, width); 0 for a class without pictures."""
    sums = [torch.zeros_like(pictures[0])] * classes
    counts = torch.bincount(labels, minlength=classes)
    for picture, label in zip(pictures, labels.tolist()):
        sums[label] = sums[label] + picture
    return torch.stack(sums) / counts.clamp(min=1)[:, None, None]


# %% right="mean_pictures: index_add_ on a new table, no loop"
def mean_pictures(pictures: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    """The mean picture of each class, (classes, height, width); 0 for a class without pictures."""
    sums = pictures.new_zeros(classes, *pictures.shape[1:])
    sums.index_add_(0, labels, pictures)
    counts = torch.bincount(labels, minlength=classes).clamp(min=1)
    return sums / counts.reshape(-1, 1, 1)


# %% right="mean_pictures: a mask for each class, and blank paper where it is empty"
def mean_pictures(pictures: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    """The mean picture of each class, (classes, height, width); 0 for a class without pictures."""

    def mean_of(label):
        chosen_ones = pictures[labels == label]
        if len(chosen_ones) == 0:
            return torch.zeros_like(pictures[0])
        return chosen_ones.mean(dim=0)

    return torch.stack([mean_of(label) for label in range(classes)])


# %% wrong="mean_pictures: the sums are returned without dividing; breaks: the mean picture of each class, seen with two pictures of one class"
def mean_pictures(pictures: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    """The mean picture of each class, (classes, height, width); 0 for a class without pictures."""
    sums = [torch.zeros_like(pictures[0]) for _ in range(classes)]
    for picture, label in zip(pictures, labels.tolist()):
        sums[label] += picture
    return torch.stack(sums)


# %% wrong="mean_pictures: an empty class is divided by 0; breaks: a class without pictures keeps a mean of 0, seen with 3 classes of which one has no picture (nan)"
def mean_pictures(pictures: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    """The mean picture of each class, (classes, height, width); 0 for a class without pictures."""
    return torch.stack([pictures[labels == label].mean(dim=0) for label in range(classes)])


# %% wrong="mean_pictures: only the classes that occur; breaks: (classes, height, width), 0 for a class without pictures, seen with labels (0, 2) of 3 classes"
def mean_pictures(pictures: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    """The mean picture of each class, (classes, height, width); 0 for a class without pictures."""
    return torch.stack([pictures[labels == label].mean(dim=0) for label in labels.unique()])


# %% wrong="mean_pictures: the first picture of each class is the one that the others are added to; breaks: it leaves its inputs unchanged, seen with two pictures of one class"
def mean_pictures(pictures: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    """The mean picture of each class, (classes, height, width); 0 for a class without pictures."""
    sums = {}
    counts = torch.bincount(labels, minlength=classes)
    for picture, label in zip(pictures, labels.tolist()):
        if label in sums:
            sums[label] += picture
        else:
            sums[label] = picture
    blank = torch.zeros_like(pictures[0])
    total = torch.stack([sums.get(label, blank) for label in range(classes)])
    return total / counts.clamp(min=1)[:, None, None]


# %% wrong="mean_pictures: each new picture is averaged half and half with the mean so far; breaks: the mean picture of each class, seen with three pictures of one class"
def mean_pictures(pictures: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    """The mean picture of each class, (classes, height, width); 0 for a class without pictures."""
    means_so_far = [None] * classes
    for picture, label in zip(pictures, labels.tolist()):
        if means_so_far[label] is None:
            means_so_far[label] = picture.clone()
        else:
            means_so_far[label] = (means_so_far[label] + picture) / 2
    blank = torch.zeros_like(pictures[0])
    return torch.stack([blank if mean is None else mean for mean in means_so_far])
