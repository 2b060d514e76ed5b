# Answers by a panel that read only the released notebook: what `course audit` grades and counts apart. No student sees them.

# %% right="ask_and_make: the plain way"
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
    coins = torch.randint(0, 2, (height,)).float()
    return paper, ink, grey, noise, coins


# %% right="ask_and_make: size() and nelement(), torch.tensor copies the array, randint with one bound"
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
    grey = torch.tensor(np.full([height, width], 1 / 2))
    noise = torch.empty(height, width).uniform_(-1, 1)
    coins = torch.randint(2, (height,)).float()
    return paper, ink, grey, noise, coins


# %% right="ask_and_make: keyword arguments for np.full, as_tensor, the count from the shape"
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
    grey = torch.as_tensor(np.full(shape=(height, width), fill_value=0.5))
    noise = torch.empty(height, width).uniform_(-1, 1)
    coins = torch.randint(0, 2, (height,)).float()
    return paper, ink, grey, noise, coins


# %% right="ask_and_make: an array of float32 (nothing is said of its type), the count from the flattened tensor"
def facts(x: torch.Tensor) -> tuple:
    """The shape as a tuple, the dtype's name, the device's kind, how many rows, how many numbers, how many bytes."""
    kind = str(x.dtype)
    where = x.device.type
    rows = x.size(0)
    numbers = x.flatten().shape[0]
    return tuple(x.shape), kind, where, rows, numbers, numbers * x.element_size()


def make(height: int, width: int) -> tuple[torch.Tensor, ...]:
    """Paper, ink, grey, noise and coins, as the text above says."""
    paper, ink = torch.zeros(height, width), torch.ones(height, width)
    grey = torch.from_numpy(np.full((height, width), 0.5, dtype=np.float32))
    noise = torch.empty(height, width).uniform_(-1, 1)
    coins = torch.randint(0, 2, (height,)).float()
    return paper, ink, grey, noise, coins


# %% wrong="ask_and_make: coins from 0 to 1 without 1; breaks: each of which is 0 or 1 with equal chances, they are all 0"
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


# %% wrong="ask_and_make: coins of three values; breaks: each of which is 0 or 1, seen with a few hundred coins"
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
    coins = torch.randint(0, 3, (height,)).float()
    return paper, ink, grey, noise, coins


# %% wrong="ask_and_make: normal noise around -1; breaks: uniformly between -1 and 1"
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


# %% wrong="ask_and_make: clamps what was left in the memory; breaks: fills it in place, uniformly between -1 and 1"
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
    noise = torch.empty(height, width).clamp_(-1, 1)
    coins = torch.randint(0, 2, (height,)).float()
    return paper, ink, grey, noise, coins


# %% wrong="ask_and_make: coins stay whole numbers; breaks: as floats"
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
    coins = torch.randint(0, 2, (height,)).long()
    return paper, ink, grey, noise, coins


# %% wrong="ask_and_make: coins are truth values; breaks: as floats"
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
    coins = torch.randint(0, 2, (height,)).bool()
    return paper, ink, grey, noise, coins


# %% wrong="ask_and_make: counts rows times columns only; breaks: how many numbers, seen with three axes"
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


# %% wrong="ask_and_make: always float32; breaks: the name of the dtype, seen with a float64 or int64 tensor"
def facts(x: torch.Tensor) -> tuple:
    """The shape as a tuple, the dtype's name, the device's kind, how many rows, how many numbers, how many bytes."""
    kind = str(torch.float32)
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


# %% wrong="ask_and_make: only the first two lengths; breaks: The shape as a tuple, seen with three axes"
def facts(x: torch.Tensor) -> tuple:
    """The shape as a tuple, the dtype's name, the device's kind, how many rows, how many numbers, how many bytes."""
    kind = str(x.dtype)
    where = x.device.type
    rows = x.size(0)
    numbers = x.numel()
    return tuple(x.shape[:2]), kind, where, rows, numbers, numbers * x.element_size()


def make(height: int, width: int) -> tuple[torch.Tensor, ...]:
    """Paper, ink, grey, noise and coins, as the text above says."""
    paper, ink = torch.zeros(height, width), torch.ones(height, width)
    grey = torch.from_numpy(np.full((height, width), 0.5))
    noise = torch.empty(height, width).uniform_(-1, 1)
    coins = torch.randint(0, 2, (height,)).float()
    return paper, ink, grey, noise, coins


# %% wrong="ask_and_make: grey has the size of the example; breaks: of this shape, seen with make(4, 5)"
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
    grey = torch.from_numpy(np.full((2, 3), 0.5))
    noise = torch.empty(height, width).uniform_(-1, 1)
    coins = torch.randint(0, 2, (height,)).float()
    return paper, ink, grey, noise, coins


# %% wrong="ask_and_make: grey of whole numbers; breaks: that holds 0.5 everywhere"
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
    grey = torch.from_numpy(np.full((height, width), 0.5, dtype=int))
    noise = torch.empty(height, width).uniform_(-1, 1)
    coins = torch.randint(0, 2, (height,)).float()
    return paper, ink, grey, noise, coins


# %% wrong="ask_and_make: the coins are between 0 and 1 at the wrong end; breaks: each of which is 0 or 1, there are -1 too"
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
    coins = torch.randint(-1, 2, (height,)).float()
    return paper, ink, grey, noise, coins


# %% right="window: clipped ranges and one guarded assignment"
def window(picture: torch.Tensor, top: int, left: int, height: int, width: int) -> torch.Tensor:
    rows, columns = picture.shape
    paper = picture.new_zeros((height, width))
    first_row, last_row = max(top, 0), min(top + height, rows)
    first_column, last_column = max(left, 0), min(left + width, columns)
    if first_row >= last_row or first_column >= last_column:
        return paper
    part = picture[first_row:last_row, first_column:last_column]
    paper[first_row - top : last_row - top, first_column - left : last_column - left] = part
    return paper


# %% right="window: lays the picture on a table with a margin all around and cuts once"
def window(picture, top, left, height, width):
    rows, columns = picture.shape
    big = torch.zeros(rows + 2 * height, columns + 2 * width, dtype=picture.dtype)
    big[height : height + rows, width : width + columns] = picture
    start_row = max(-height, min(top, rows)) + height
    start_column = max(-width, min(left, columns)) + width
    return big[start_row : start_row + height, start_column : start_column + width].clone()


# %% right="window: index tensors, clamped, with a mask for what lies outside"
def window(picture, top, left, height, width):
    r = torch.arange(top, top + height)[:, None]
    c = torch.arange(left, left + width)[None, :]
    inside = (r >= 0) & (r < picture.shape[0]) & (c >= 0) & (c < picture.shape[1])
    values = picture[r.clamp(0, picture.shape[0] - 1), c.clamp(0, picture.shape[1] - 1)]
    return torch.where(inside, values, torch.zeros_like(values))


# %% right="window: a loop over pixels with a generator of Python numbers"
def window(picture, top, left, height, width):
    H, W = picture.shape

    def look():
        for r in range(top, top + height):
            for c in range(left, left + width):
                if 0 <= r < H and 0 <= c < W:
                    yield picture[r, c].item()
                else:
                    yield 0.0

    return torch.tensor(list(look()), dtype=picture.dtype).reshape(height, width)


# %% right="window: numpy inside, row by row"
def window(picture, top, left, height, width):
    source = picture.detach().numpy()
    result = np.zeros((height, width), dtype=source.dtype)
    for i in range(height):
        if not 0 <= top + i < source.shape[0]:
            continue
        for j in range(width):
            if 0 <= left + j < source.shape[1]:
                result[i, j] = source[top + i, left + j]
    return torch.from_numpy(result)


# %% wrong="window: only the upper and left edges get paper, at the lower right the result is too small; breaks: of size (height, width), seen with window(zeros(3, 3), 2, 2, 2, 2)"
def window(picture, top, left, height, width):
    part = picture[max(top, 0) : max(top + height, 0), max(left, 0) : max(left + width, 0)]
    above = min(max(-top, 0), height)
    before = min(max(-left, 0), width)
    paper = picture.new_zeros(part.shape[0] + above, part.shape[1] + before)
    paper[above:, before:] = part
    return paper


# %% wrong="window: no guard for a window above or left of the picture; breaks: A window may also miss the picture altogether, seen with top = -10, height = 4"
def window(picture, top, left, height, width):
    H, W = picture.shape
    out = picture.new_zeros(height, width)
    t0, t1 = max(top, 0), min(top + height, H)
    l0, l1 = max(left, 0), min(left + width, W)
    out[t0 - top : t1 - top, l0 - left : l1 - left] = picture[t0:t1, l0:l1]
    return out


# %% wrong="window: paper is always float32; breaks: accepts float32 and float64 and returns tensors of the same type, seen with a float64 picture"
def window(picture, top, left, height, width):
    H, W = picture.shape
    out = torch.zeros(height, width)
    t0, t1 = max(top, 0), min(top + height, H)
    l0, l1 = max(left, 0), min(left + width, W)
    if t0 < t1 and l0 < l1:
        out[t0 - top : t1 - top, l0 - left : l1 - left] = picture[t0:t1, l0:l1]
    return out


# %% wrong="window: beyond the lower and right edges the last line is repeated; breaks: whatever is outside the picture is blank paper, seen with window(ones(2, 2), 1, 1, 2, 2)"
def window(picture, top, left, height, width):
    r = torch.arange(top, top + height)
    c = torch.arange(left, left + width)
    values = picture[r.clamp(0, picture.shape[0] - 1)][:, c.clamp(0, picture.shape[1] - 1)].clone()
    values[r < 0] = 0
    values[:, c < 0] = 0
    return values


# %% wrong="window: an off by one takes a window at the last row or column for a miss; breaks: the part of a picture that a window shows, seen with top = rows - 1"
def window(picture, top, left, height, width):
    H, W = picture.shape
    out = torch.zeros(height, width, dtype=picture.dtype)
    if top >= H - 1 or left >= W - 1 or top + height <= 0 or left + width <= 0:
        return out
    t0, t1 = max(top, 0), min(top + height, H)
    l0, l1 = max(left, 0), min(left + width, W)
    out[t0 - top : t1 - top, l0 - left : l1 - left] = picture[t0:t1, l0:l1]
    return out


# %% wrong="window: pads and crops with negative paddings, which cannot crop more than there is; breaks: A window may also miss the picture altogether, seen with top = 100"
def window(picture, top, left, height, width):
    H, W = picture.shape
    return torch.nn.functional.pad(picture, (-left, left + width - W, -top, top + height - H))


# %% wrong="window: where the window is over the lower right edge it is pushed back into the picture; breaks: upper left corner stands at row top, column left, seen with top = rows - 1, height = 2"
def window(picture, top, left, height, width):
    H, W = picture.shape
    top = min(top, max(H - height, 0))
    left = min(left, max(W - width, 0))
    out = picture.new_zeros(height, width)
    for i in range(height):
        for j in range(width):
            if 0 <= top + i < H and 0 <= left + j < W:
                out[i, j] = picture[top + i, left + j]
    return out


# %% wrong="window: reads the picture through view(-1); breaks: it accepts non-contiguous tensors, seen with a transposed picture"
def window(picture, top, left, height, width):
    H, W = picture.shape
    row = picture.view(-1)
    out = picture.new_zeros(height, width)
    for i in range(height):
        for j in range(width):
            if 0 <= top + i < H and 0 <= left + j < W:
                out[i, j] = row[(top + i) * W + left + j]
    return out


# %% right="stamp: a view of the place, and maximum copied into it"
def stamp(sheet: torch.Tensor, picture: torch.Tensor, top: int, left: int) -> None:
    place = sheet[top : top + picture.shape[0], left : left + picture.shape[1]]
    place.copy_(torch.maximum(place, picture))


# %% right="stamp: pixel by pixel with an if"
def stamp(sheet, picture, top, left):
    height, width = picture.shape
    for row in range(height):
        for column in range(width):
            if picture[row, column] > sheet[top + row, left + column]:
                sheet[top + row, left + column] = picture[row, column]


# %% right="stamp: a mask of what is darker"
def stamp(sheet, picture, top, left):
    rows = slice(top, top + len(picture))
    columns = slice(left, left + picture.size(1))
    darker = picture > sheet[rows, columns]
    sheet[rows, columns][darker] = picture[darker]


# %% right="stamp: narrow twice and clamp_ from below by the picture"
def stamp(sheet, picture, top, left):
    sheet.narrow(0, top, picture.shape[0]).narrow(1, left, picture.shape[1]).clamp_(min=picture)


# %% right="stamp: numpy shares the memory, so np.maximum writes through"
def stamp(sheet, picture, top, left):
    height, width = picture.shape
    part = sheet.numpy()[top : top + height, left : left + width]
    np.maximum(part, picture.numpy(), out=part)


# %% wrong="stamp: top and left are exchanged, which the public check with 1, 1 does not show; breaks: upper left corner at row top, column left, seen with top = 0, left = 2"
def stamp(sheet, picture, top, left):
    height, width = picture.shape
    part = sheet[left : left + height, top : top + width]
    part[:] = torch.maximum(part, picture)


# %% wrong="stamp: takes everything from the corner to the end of the sheet; breaks: It lies wholly on the sheet, seen where there is room below or to the right"
def stamp(sheet, picture, top, left):
    sheet[top:, left:] = torch.maximum(sheet[top:, left:], picture)


# %% wrong="stamp: prints the first line of the picture only; breaks: Print a picture onto a sheet, seen with a picture of two rows"
def stamp(sheet, picture, top, left):
    width = picture.shape[1]
    sheet[top, left : left + width] = torch.maximum(sheet[top, left : left + width], picture[0])


# %% wrong="stamp: pale ink is not printed; breaks: the larger number stays, seen with picture 0.3 on an empty sheet"
def stamp(sheet, picture, top, left):
    height, width = picture.shape
    part = sheet[top : top + height, left : left + width]
    ink = (picture > 0.5) & (picture > part)
    part[ink] = picture[ink]


# %% wrong="stamp: returns the sheet; breaks: The function returns nothing"
def stamp(sheet, picture, top, left):
    height, width = picture.shape
    part = sheet[top : top + height, left : left + width]
    part.copy_(torch.maximum(part, picture))
    return sheet


# %% wrong="stamp: writes the maximum into the picture too; breaks: it changes sheet in place and no other input"
def stamp(sheet, picture, top, left):
    height, width = picture.shape
    torch.maximum(picture, sheet[top : top + height, left : left + width], out=picture)
    sheet[top : top + height, left : left + width] = picture


# %% wrong="stamp: the sheet becomes a new tensor that nobody sees; breaks: in place"
def stamp(sheet, picture, top, left):
    height, width = picture.shape
    sheet = sheet.clone()
    sheet[top : top + height, left : left + width] = torch.maximum(
        sheet[top : top + height, left : left + width], picture
    )


# %% wrong="stamp: the new picture covers the old ink; breaks: Ink does not cover ink"
def stamp(sheet, picture, top, left):
    sheet[top : top + picture.shape[0], left : left + picture.shape[1]] = picture


# %% right="stretch: amin and amax of the last two axes, zeros in the spread replaced by ones"
def stretch(pictures: torch.Tensor) -> torch.Tensor:
    low = pictures.amin(dim=(-2, -1), keepdim=True)
    high = pictures.amax(dim=(-2, -1), keepdim=True)
    spread = high - low
    return (pictures - low) / torch.where(spread > 0, spread, torch.ones_like(spread))


# %% right="stretch: calls itself for everything that has more than two axes"
def stretch(pictures):
    if pictures.ndim > 2:
        return torch.stack([stretch(picture) for picture in pictures])
    low, high = pictures.min(), pictures.max()
    if low == high:
        return torch.zeros_like(pictures)
    return (pictures - low) / (high - low)


# %% right="stretch: in place on an own copy"
def stretch(pictures):
    result = pictures.clone()
    result -= result.amin((-1, -2), keepdim=True)
    top = result.amax((-1, -2), keepdim=True)
    top[top == 0] = 1
    result /= top
    return result


# %% right="stretch: divides and repairs nan afterwards, from flattened pictures"
def stretch(pictures):
    flat = pictures.flatten(-2)
    low = flat.min(dim=-1, keepdim=True).values
    high = flat.max(dim=-1, keepdim=True).values
    result = (flat - low) / (high - low)
    result = torch.where(high == low, torch.zeros_like(result), result)
    return result.reshape(pictures.shape)


# %% right="stretch: numpy inside"
def stretch(pictures):
    array = pictures.detach().numpy()
    low = array.min(axis=(-2, -1), keepdims=True)
    spread = array.max(axis=(-2, -1), keepdims=True) - low
    spread = np.where(spread == 0, np.ones_like(spread), spread)
    return torch.from_numpy((array - low) / spread)


# %% wrong="stretch: the spread is kept above 1, so faint pictures stay faint; breaks: its darkest becomes 1, seen with values between 0 and 0.5"
def stretch(pictures):
    low = pictures.amin(dim=(-2, -1), keepdim=True)
    high = pictures.amax(dim=(-2, -1), keepdim=True)
    return (pictures - low) / (high - low).clamp(min=1)


# %% wrong="stretch: flat pictures are caught only when all of them are flat; breaks: A picture whose pixels are all equal becomes 0 everywhere (and not nan), seen with a stack of one flat and one other picture"
def stretch(pictures):
    low = pictures.amin(dim=(-2, -1), keepdim=True)
    high = pictures.amax(dim=(-2, -1), keepdim=True)
    if (high == low).all():
        return torch.zeros_like(pictures)
    return (pictures - low) / (high - low)


# %% wrong="stretch: reduces all axes but the first; breaks: any number of other axes in front, seen with one picture or four axes"
def stretch(pictures):
    rows = pictures.flatten(1)
    low, high = rows.amin(1), rows.amax(1)
    shape = [-1] + [1] * (pictures.ndim - 1)
    spread = high - low
    spread[spread == 0] = 1
    return (pictures - low.reshape(shape)) / spread.reshape(shape)


# %% wrong="stretch: axes 1 and 2 by number; breaks: (height, width) is one picture and (rows, n, height, width), seen with two or four axes"
def stretch(pictures):
    low = pictures.amin(dim=(1, 2), keepdim=True)
    spread = pictures.amax(dim=(1, 2), keepdim=True) - low
    return (pictures - low) / spread.masked_fill(spread == 0, 1)


# %% wrong="stretch: a small number under the division; breaks: its darkest becomes 1, seen with a picture whose contrast is 0.00001"
def stretch(pictures):
    low = pictures.amin(dim=(-2, -1), keepdim=True)
    high = pictures.amax(dim=(-2, -1), keepdim=True)
    return (pictures - low) / (high - low + 1e-6)


# %% wrong="stretch: everything in float32; breaks: returns tensors of the same type, seen with float64"
def stretch(pictures):
    pictures = pictures.float()
    low = pictures.amin(dim=(-2, -1), keepdim=True)
    spread = pictures.amax(dim=(-2, -1), keepdim=True) - low
    return (pictures - low) / torch.where(spread == 0, 1.0, spread)


# %% wrong="stretch: subtracts in place; breaks: it leaves its inputs unchanged"
def stretch(pictures):
    pictures -= pictures.amin(dim=(-2, -1), keepdim=True)
    high = pictures.amax(dim=(-2, -1), keepdim=True)
    return pictures / high.masked_fill(high == 0, 1)


# %% wrong="stretch: view of a stack that may be transposed; breaks: it accepts non-contiguous tensors"
def stretch(pictures):
    height, width = pictures.shape[-2:]
    flat = pictures.view(-1, height * width)
    low = flat.amin(1, keepdim=True)
    spread = flat.amax(1, keepdim=True) - low
    spread[spread == 0] = 1
    return ((flat - low) / spread).view(pictures.shape)


# %% wrong="stretch: one lightest and one darkest pixel for the whole stack; breaks: each picture by itself"
def stretch(pictures):
    low, high = pictures.min(), pictures.max()
    if low == high:
        return torch.zeros_like(pictures)
    return (pictures - low) / (high - low)


# %% right="broadcast_shape: zip_longest from the right"
from itertools import zip_longest


def broadcast_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    result = []
    for x, y in zip_longest(reversed(a), reversed(b), fillvalue=1):
        if x != y and x != 1 and y != 1:
            raise ValueError(f"{x} does not meet {y}")
        result.append(y if x == 1 else x)
    return tuple(result[::-1])


# %% right="broadcast_shape: ones on the left of both, one comprehension after a check"
def broadcast_shape(a, b):
    length = max(len(a), len(b))
    a = (1,) * (length - len(a)) + tuple(a)
    b = (1,) * (length - len(b)) + tuple(b)
    if any(x != y and 1 not in (x, y) for x, y in zip(a, b, strict=True)):
        raise ValueError("these shapes do not go together")
    return tuple(y if x == 1 else x for x, y in zip(a, b, strict=True))


# %% right="broadcast_shape: recursion on the last axis"
def broadcast_shape(a, b):
    if not a:
        return tuple(b)
    if not b:
        return tuple(a)
    *front_a, x = a
    *front_b, y = b
    if x == 1:
        last = y
    elif y == 1 or x == y:
        last = x
    else:
        raise ValueError("no")
    return broadcast_shape(tuple(front_a), tuple(front_b)) + (last,)


# %% right="broadcast_shape: a set for each column, a list as the result"
def broadcast_shape(a, b):
    shape = []
    for column in range(-max(len(a), len(b)), 0):
        lengths = {s[column] for s in (a, b) if len(s) >= -column} - {1}
        if len(lengths) > 1:
            raise ValueError(f"column {column}: {lengths}")
        shape.append(lengths.pop() if lengths else 1)
    return shape


# %% right="broadcast_shape: fills a copy of the longer one from the back"
def broadcast_shape(a, b):
    long, short = (a, b) if len(a) >= len(b) else (b, a)
    out = list(long)
    for i in range(1, len(short) + 1):
        if out[-i] == short[-i] or short[-i] == 1:
            continue
        if out[-i] != 1:
            raise ValueError
        out[-i] = short[-i]
    return tuple(out)


# %% wrong="broadcast_shape: takes the larger of the two; breaks: lengths may be 0, seen with (0,) and (1,)"
def broadcast_shape(a, b):
    n = max(len(a), len(b))
    a = (1,) * (n - len(a)) + tuple(a)
    b = (1,) * (n - len(b)) + tuple(b)
    for x, y in zip(a, b):
        if x != y and x != 1 and y != 1:
            raise ValueError("no")
    return tuple(max(x, y) for x, y in zip(a, b))


# %% wrong="broadcast_shape: believes that a is the longer one; breaks: Nothing is said about which of the two is longer, seen with (28, 28) and (7, 28, 28)"
def broadcast_shape(a, b):
    out = list(a)
    for i, (x, y) in enumerate(zip(reversed(a), reversed(b)), start=1):
        if x != y and x != 1 and y != 1:
            raise ValueError("no")
        out[-i] = y if x == 1 else x
    return tuple(out)


# %% wrong="broadcast_shape: a length of 0 is stretched like a 1; breaks: rule 2 holds for it like for any other, seen with (0,) and (3,)"
def broadcast_shape(a, b):
    n = max(len(a), len(b))
    a = (1,) * (n - len(a)) + tuple(a)
    b = (1,) * (n - len(b)) + tuple(b)
    shape = []
    for x, y in zip(a, b):
        if x != y and x > 1 and y > 1:
            raise ValueError("no")
        shape.append(min(x, y) if 0 in (x, y) else max(x, y))
    return tuple(shape)


# %% wrong="broadcast_shape: refuses empty shapes; breaks: an empty tuple is the shape of a single number, seen with (5, 4) and ()"
def broadcast_shape(a, b):
    if len(a) == 0 or len(b) == 0:
        raise ValueError("a shape without axes")
    n = max(len(a), len(b))
    a = (1,) * (n - len(a)) + tuple(a)
    b = (1,) * (n - len(b)) + tuple(b)
    shape = []
    for x, y in zip(a, b):
        if x != y and 1 not in (x, y):
            raise ValueError("no")
        shape.append(y if x == 1 else x)
    return tuple(shape)


# %% wrong="broadcast_shape: checks the last column only; breaks: In every column, seen with (4, 3) and (5, 3)"
def broadcast_shape(a, b):
    if a and b and a[-1] != b[-1] and 1 not in (a[-1], b[-1]):
        raise ValueError("no")
    n = max(len(a), len(b))
    a = (1,) * (n - len(a)) + tuple(a)
    b = (1,) * (n - len(b)) + tuple(b)
    return tuple(y if x == 1 else x for x, y in zip(a, b))


# %% wrong="broadcast_shape: adds two empty tensors; breaks: written by hand, without the ready-made add"
def broadcast_shape(a, b):
    try:
        return tuple((torch.zeros(a) + torch.zeros(b)).shape)
    except RuntimeError as error:
        raise ValueError(str(error)) from error


# %% wrong="broadcast_shape: the lengths come out as tensors; breaks: it returns plain Python numbers, not tensors"
def broadcast_shape(a, b):
    n = max(len(a), len(b))
    a = torch.tensor((1,) * (n - len(a)) + tuple(a), dtype=torch.int64)
    b = torch.tensor((1,) * (n - len(b)) + tuple(b), dtype=torch.int64)
    if ((a != b) & (a != 1) & (b != 1)).any():
        raise ValueError("no")
    return tuple(torch.where(a == 1, b, a))


# %% wrong="broadcast_shape: a truth value for a missing axis swallows zeros; breaks: lengths may be 0, seen with (2, 0) and (0,)"
def broadcast_shape(a, b):
    shape = []
    for i in range(1, max(len(a), len(b)) + 1):
        x = (a[-i] if i <= len(a) else None) or 1
        y = (b[-i] if i <= len(b) else None) or 1
        if x != y and 1 not in (x, y):
            raise ValueError("no")
        shape.insert(0, max(x, y))
    return tuple(shape)


# %% right="seven_shapes: the plain way"
def seven_shapes(x: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors rows, planes, last, sums, both, pair and back, as the text above says."""
    rows = x.flatten(1)
    planes = x.flatten(0, 1)
    last = x.movedim(1, -1)
    sums = a.unsqueeze(1) + b.unsqueeze(0)
    both = torch.cat([a, b])
    pair = torch.stack([a, a.flip(0)])
    back = x[:, :1].squeeze(1)
    return rows, planes, last, sums, both, pair, back


# %% right="seven_shapes: reshape, permute, view, concat"
def seven_shapes(x: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors rows, planes, last, sums, both, pair and back, as the text above says."""
    rows = x.reshape(x.shape[0], -1)
    planes = x.reshape(-1, *x.shape[2:])
    last = x.permute(0, 2, 3, 1)
    sums = a.view(-1, 1) + b.view(1, -1)
    both = torch.concat([a, b])
    pair = torch.stack([a, a.flip(dims=(0,))])
    back = x[:, :1].squeeze(dim=1)
    return rows, planes, last, sums, both, pair, back


# %% right="seven_shapes: two transposes, hstack and vstack, a row needs no axis"
def seven_shapes(x: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors rows, planes, last, sums, both, pair and back, as the text above says."""
    rows = x.flatten(1)
    planes = x.flatten(0, 1)
    last = x.transpose(1, 2).transpose(2, 3)
    sums = a.reshape(len(a), 1) + b.flatten()
    both = torch.hstack([a, b])
    pair = torch.vstack([a, a.flipud()])
    back = x[:, :1].flatten(1, 2)
    return rows, planes, last, sums, both, pair, back


# %% right="seven_shapes: an index in reverse order, a sum over the axis of length 1"
def seven_shapes(x: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors rows, planes, last, sums, both, pair and back, as the text above says."""
    rows = x.flatten(start_dim=1)
    planes = x.flatten(0, 1)
    last = x.movedim(1, -1)
    sums = a.unsqueeze(-1) + b.clone()
    both = torch.cat([a, b])
    pair = torch.stack([a, a.index_select(0, torch.arange(len(a) - 1, -1, -1))])
    back = x[:, :1].sum(dim=1)
    return rows, planes, last, sums, both, pair, back


# %% wrong="seven_shapes: last has width before height; breaks: last (n, height, width, channels)"
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


# %% wrong="seven_shapes: movedim the wrong way; breaks: last (n, height, width, channels)"
def seven_shapes(x: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors rows, planes, last, sums, both, pair and back, as the text above says."""
    rows = x.flatten(1)
    planes = x.flatten(0, 1)
    last = x.movedim(-1, 1)
    sums = a.unsqueeze(1) + b.unsqueeze(0)
    both = torch.cat([a, b])
    pair = torch.stack([a, a.flip(0)])
    back = x[:, :1].squeeze(1)
    return rows, planes, last, sums, both, pair, back


# %% wrong="seven_shapes: reshape where axes should be exchanged; breaks: last, as matplotlib wants it"
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


# %% wrong="seven_shapes: planes joins channels and height; breaks: planes (n times channels, height, width)"
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


# %% wrong="seven_shapes: planes in the order of the channels; breaks: every channel a picture by itself, in the order of the batch"
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


# %% wrong="seven_shapes: pair is glued; breaks: pair (2, n)"
def seven_shapes(x: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors rows, planes, last, sums, both, pair and back, as the text above says."""
    rows = x.flatten(1)
    planes = x.flatten(0, 1)
    last = x.movedim(1, -1)
    sums = a.unsqueeze(1) + b.unsqueeze(0)
    both = torch.cat([a, b])
    pair = torch.cat([a, a.flip(0)])
    back = x[:, :1].squeeze(1)
    return rows, planes, last, sums, both, pair, back


# %% wrong="seven_shapes: pair sorts downwards; breaks: a above a in reverse order, seen with a that is not sorted"
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


# %% wrong="seven_shapes: pair rolls by one; breaks: a in reverse order, seen with four numbers"
def seven_shapes(x: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors rows, planes, last, sums, both, pair and back, as the text above says."""
    rows = x.flatten(1)
    planes = x.flatten(0, 1)
    last = x.movedim(1, -1)
    sums = a.unsqueeze(1) + b.unsqueeze(0)
    both = torch.cat([a, b])
    pair = torch.stack([a, a.roll(1)])
    back = x[:, :1].squeeze(1)
    return rows, planes, last, sums, both, pair, back


# %% wrong="seven_shapes: back loses every axis of length 1; breaks: back (n, height, width), seen with one picture or pictures of one line"
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


# %% wrong="seven_shapes: sums in float32; breaks: returns tensors of the same type, seen with float64"
def seven_shapes(x: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors rows, planes, last, sums, both, pair and back, as the text above says."""
    rows = x.flatten(1)
    planes = x.flatten(0, 1)
    last = x.movedim(1, -1)
    sums = a.float().unsqueeze(1) + b.float()
    both = torch.cat([a, b])
    pair = torch.stack([a, a.flip(0)])
    back = x[:, :1].squeeze(1)
    return rows, planes, last, sums, both, pair, back


# %% wrong="seven_shapes: back keeps the axis; breaks: that axis removed"
def seven_shapes(x: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors rows, planes, last, sums, both, pair and back, as the text above says."""
    rows = x.flatten(1)
    planes = x.flatten(0, 1)
    last = x.movedim(1, -1)
    sums = a.unsqueeze(1) + b.unsqueeze(0)
    both = torch.cat([a, b])
    pair = torch.stack([a, a.flip(0)])
    back = x[:, :1].squeeze(0)
    return rows, planes, last, sums, both, pair, back


# %% right="mosaic: padded with blank pictures, axes exchanged, read again"
def mosaic(pictures: torch.Tensor, columns: int) -> torch.Tensor:
    n, height, width = pictures.shape
    rows = (n + columns - 1) // columns
    full = pictures.new_zeros(rows * columns, height, width)
    full[:n] = pictures
    return full.reshape(rows, columns, height, width).permute(0, 2, 1, 3).reshape(rows * height, columns * width)


# %% right="mosaic: writes one picture after the other at its place"
def mosaic(pictures, columns):
    n, height, width = pictures.shape
    sheet = torch.zeros(-(-n // columns) * height, columns * width, dtype=pictures.dtype)
    for place, picture in enumerate(pictures):
        row, column = divmod(place, columns)
        sheet[row * height :, column * width :][:height, :width] = picture
    return sheet


# %% right="mosaic: computes for each pixel of the sheet where it comes from"
def mosaic(pictures, columns):
    n, h, w = pictures.shape
    rows = (n - 1) // columns + 1
    y = torch.arange(rows * h)[:, None]
    x = torch.arange(columns * w)[None, :]
    number = (y // h) * columns + x // w
    with_blank = torch.cat([pictures, torch.zeros_like(pictures[:1])])
    return with_blank[number.clamp(max=n), y % h, x % w]


# %% right="mosaic: glues strips side by side and then below each other"
def mosaic(pictures, columns):
    todo = list(pictures)
    while len(todo) % columns:
        todo.append(torch.zeros_like(pictures[0]))
    strips = []
    while todo:
        strips.append(torch.cat(todo[:columns], dim=1))
        todo = todo[columns:]
    return torch.cat(strips, dim=0)


# %% right="mosaic: einops, imported by the student"
def mosaic(pictures, columns):
    from einops import rearrange as arrange

    missing = -len(pictures) % columns
    blank = torch.zeros(missing, *pictures.shape[1:], dtype=pictures.dtype)
    return arrange(torch.cat((pictures, blank)), "(r c) h w -> (r h) (c w)", c=columns)


# %% wrong="mosaic: no exchange of axes, right for pictures of one line only; breaks: Lay n pictures out on one sheet, seen with height 2"
def mosaic(pictures, columns):
    n, height, width = pictures.shape
    rows = -(-n // columns)
    full = pictures.new_zeros(rows * columns, height, width)
    full[:n] = pictures
    return full.reshape(rows * height, columns * width)


# %% wrong="mosaic: one row too many when the last row is full; breaks: columns in each row and no more paper, seen with 4 pictures and 2 columns"
def mosaic(pictures, columns):
    n, height, width = pictures.shape
    rows = n // columns + 1
    full = pictures.new_zeros(rows * columns, height, width)
    full[:n] = pictures
    return full.reshape(rows, columns, height, width).transpose(1, 2).reshape(rows * height, columns * width)


# %% wrong="mosaic: with fewer pictures than columns the sheet gets narrower; breaks: its remaining places are blank paper, seen with 2 pictures and 5 columns"
def mosaic(pictures, columns):
    n, height, width = pictures.shape
    columns = min(columns, n)
    rows = -(-n // columns)
    full = pictures.new_zeros(rows * columns, height, width)
    full[:n] = pictures
    return full.reshape(rows, columns, height, width).transpose(1, 2).reshape(rows * height, columns * width)


# %% wrong="mosaic: adds n % columns blank pictures; breaks: If the last row is not full, seen with 4 pictures and 3 columns"
def mosaic(pictures, columns):
    n, height, width = pictures.shape
    blank = torch.zeros(n % columns, height, width, dtype=pictures.dtype)
    full = torch.cat([pictures, blank])
    return full.reshape(-1, columns, height, width).transpose(1, 2).reshape(-1, columns * width)


# %% wrong="mosaic: the sheet is float32; breaks: accepts float32 and float64 and returns tensors of the same type"
def mosaic(pictures, columns):
    n, height, width = pictures.shape
    sheet = torch.zeros(-(-n // columns) * height, columns * width)
    for i in range(n):
        top, left = i // columns * height, i % columns * width
        sheet[top : top + height, left : left + width] = pictures[i]
    return sheet


# %% wrong="mosaic: the lines of different rows of pictures alternate; breaks: reading order, seen with pictures of two lines and two rows"
def mosaic(pictures, columns):
    n, height, width = pictures.shape
    rows = -(-n // columns)
    full = pictures.new_zeros(rows * columns, height, width)
    full[:n] = pictures
    return full.reshape(rows, columns, height, width).permute(2, 0, 1, 3).reshape(rows * height, columns * width)


# %% right="mosaic: a view of the pictures themselves when nothing is missing, since a first axis can be cut whatever the strides"
def mosaic(pictures, columns):
    n, height, width = pictures.shape
    missing = -n % columns
    if missing:
        pictures = torch.cat([pictures, pictures.new_zeros(missing, height, width)])
    return pictures.view(-1, columns, height, width).transpose(1, 2).reshape(-1, columns * width)


# %% wrong="mosaic: steps by the width downwards too; breaks: Pictures need not be square, seen with pictures (2, 3)"
def mosaic(pictures, columns):
    n, height, width = pictures.shape
    rows = -(-n // columns)
    sheet = pictures.new_zeros(rows * height, columns * width)
    for i in range(n):
        top, left = i // columns * height, i % columns * height
        if height == 1:
            left = i % columns * width
        sheet[top : top + height, left : left + width] = pictures[i]
    return sheet


# %% right="one_hot: the plain way"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Rows (n, classes) of zeros with a 1.0 at each label; labels (n,) are whole numbers below `classes`."""
    rows = torch.zeros(len(labels), classes)
    index = labels.unsqueeze(1)
    return rows.scatter_(1, index, 1.0)


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    """Whether two tensors hold the same numbers, up to rounding."""
    try:
        torch.testing.assert_close(actual, expected)
    except AssertionError:
        return False
    return True


# %% right="one_hot: scatter into a new tensor, view for a column"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Rows (n, classes) of zeros with a 1.0 at each label; labels (n,) are whole numbers below `classes`."""
    rows = torch.zeros((labels.shape[0], classes), dtype=torch.float32)
    index = labels.view(-1, 1)
    return rows.scatter(1, index, 1.0)


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    """Whether two tensors hold the same numbers, up to rounding."""
    try:
        torch.testing.assert_close(actual, expected)
    except AssertionError:
        return False
    return True


# %% right="one_hot: index_put_ with pairs of places"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Rows (n, classes) of zeros with a 1.0 at each label; labels (n,) are whole numbers below `classes`."""
    rows = torch.zeros(labels.numel(), classes)
    index = labels.clone()
    return rows.index_put_((torch.arange(len(labels)), index), torch.tensor(1.0), False)


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    """Whether two tensors hold the same numbers, up to rounding."""
    try:
        torch.testing.assert_close(actual, expected)
    except AssertionError:
        return False
    return True


# %% right="one_hot: scatter_add_ of ones along the last axis"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Rows (n, classes) of zeros with a 1.0 at each label; labels (n,) are whole numbers below `classes`."""
    rows = torch.zeros(len(labels), classes)
    index = labels.reshape(-1, 1)
    return rows.scatter_add_(-1, index, torch.ones(index.shape))


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    """Whether two tensors hold the same numbers, up to rounding."""
    try:
        torch.testing.assert_close(actual, expected)
    except (AssertionError,):
        return False
    return True


# %% wrong="one_hot: rows of whole numbers; breaks: The rows are floats"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Rows (n, classes) of zeros with a 1.0 at each label; labels (n,) are whole numbers below `classes`."""
    rows = torch.zeros(len(labels), classes, dtype=torch.int64)
    index = labels.unsqueeze(1)
    return rows.scatter_(1, index, 1)


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    """Whether two tensors hold the same numbers, up to rounding."""
    try:
        torch.testing.assert_close(actual, expected)
    except AssertionError:
        return False
    return True


# %% wrong="one_hot: as many columns as the largest label needs; breaks: Rows (n, classes), seen with labels [0, 1] and 5 classes"
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


# %% wrong="one_hot: always two rows; breaks: Rows (n, classes), seen with three labels"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Rows (n, classes) of zeros with a 1.0 at each label; labels (n,) are whole numbers below `classes`."""
    rows = torch.zeros(2, classes)
    index = labels.unsqueeze(1)
    return rows.scatter_(1, index, 1.0)


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    """Whether two tensors hold the same numbers, up to rounding."""
    try:
        torch.testing.assert_close(actual, expected)
    except AssertionError:
        return False
    return True


# %% wrong="one_hot: always three columns; breaks: Rows (n, classes), seen with classes = 5"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Rows (n, classes) of zeros with a 1.0 at each label; labels (n,) are whole numbers below `classes`."""
    rows = torch.zeros(len(labels), 3)
    index = labels.unsqueeze(1)
    return rows.scatter_(1, index, 1.0)


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    """Whether two tensors hold the same numbers, up to rounding."""
    try:
        torch.testing.assert_close(actual, expected)
    except AssertionError:
        return False
    return True


# %% wrong="one_hot: catches another error; breaks: raises an AssertionError when they differ, False is never returned"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Rows (n, classes) of zeros with a 1.0 at each label; labels (n,) are whole numbers below `classes`."""
    rows = torch.zeros(len(labels), classes)
    index = labels.unsqueeze(1)
    return rows.scatter_(1, index, 1.0)


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    """Whether two tensors hold the same numbers, up to rounding."""
    try:
        torch.testing.assert_close(actual, expected)
    except ValueError:
        return False
    return True


# %% wrong="one_hot: equal does not raise; breaks: same says whether two tensors hold the same numbers, it is always True"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Rows (n, classes) of zeros with a 1.0 at each label; labels (n,) are whole numbers below `classes`."""
    rows = torch.zeros(len(labels), classes)
    index = labels.unsqueeze(1)
    return rows.scatter_(1, index, 1.0)


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    """Whether two tensors hold the same numbers, up to rounding."""
    try:
        torch.equal(actual, expected)
    except AssertionError:
        return False
    return True


# %% wrong="one_hot: allclose does not raise; breaks: same says whether two tensors hold the same numbers, it is always True"
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


# %% wrong="one_hot: unsqueeze in place; breaks: it leaves its inputs unchanged, seen by the shape of labels"
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


# %% wrong="one_hot: uses F.one_hot; breaks: by hand, without the ready-made one_hot"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Rows (n, classes) of zeros with a 1.0 at each label; labels (n,) are whole numbers below `classes`."""
    rows = torch.nn.functional.one_hot(labels, classes).float()
    index = labels.unsqueeze(1)
    return rows.scatter_(1, index, 1.0)


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    """Whether two tensors hold the same numbers, up to rounding."""
    try:
        torch.testing.assert_close(actual, expected)
    except AssertionError:
        return False
    return True


# %% wrong="one_hot: writes along axis 0; breaks: a 1.0 at each label, for each row"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Rows (n, classes) of zeros with a 1.0 at each label; labels (n,) are whole numbers below `classes`."""
    rows = torch.zeros(len(labels), classes)
    index = labels.unsqueeze(1)
    return rows.scatter_(0, index, 1.0)


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    """Whether two tensors hold the same numbers, up to rounding."""
    try:
        torch.testing.assert_close(actual, expected)
    except AssertionError:
        return False
    return True


# %% right="margins: gather, and the label's score scattered out"
def margins(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    index = labels.unsqueeze(1)
    own = scores.gather(1, index).squeeze(1)
    others = scores.scatter(1, index, float("-inf"))
    return own - others.amax(dim=1)


# %% right="margins: row by row, the others glued together"
def margins(scores, labels):
    result = []
    for row, label in zip(scores, labels.tolist(), strict=True):
        others = torch.cat([row[:label], row[label + 1 :]])
        result.append(row[label] - others.max())
    return torch.stack(result)


# %% right="margins: a mask picks the others, which are a table of one column less"
def margins(scores, labels):
    n, classes = scores.shape
    mine = torch.arange(classes) == labels[:, None]
    rest = scores[~mine].reshape(n, classes - 1)
    return scores[mine] - rest.max(dim=1).values


# %% right="margins: the two best of each row; the second one counts where the first is the label"
def margins(scores, labels):
    best, where = scores.topk(2, dim=1)
    own = scores[torch.arange(len(labels)), labels]
    return own - torch.where(where[:, 0] == labels, best[:, 1], best[:, 0])


# %% right="margins: masked_fill on a copy, keyword arguments"
def margins(scores, labels):
    copy = scores.clone()
    copy[torch.arange(len(copy)), labels] = -torch.inf
    rivals = copy.max(dim=1).values
    return torch.take_along_dim(scores, indices=labels[:, None], dim=1)[:, 0] - rivals


# %% wrong="margins: hides every score that equals the label's; breaks: Two scores of a row may be equal, seen with scores [[2, 2, 0]] and label 0"
def margins(scores, labels):
    own = scores.gather(1, labels[:, None])
    others = scores.masked_fill(scores == own, float("-inf"))
    return own[:, 0] - others.amax(1)


# %% wrong="margins: the label's score is replaced by 0, which can be the largest; breaks: minus the best score among the others, seen with negative scores"
def margins(scores, labels):
    index = labels[:, None]
    return scores.gather(1, index)[:, 0] - scores.scatter(1, index, 0.0).amax(1)


# %% wrong="margins: the rivals are detached; breaks: gradients flow back to scores, whose gradient for the best other is 0 and not -1"
def margins(scores, labels):
    index = labels[:, None]
    rivals = scores.detach().scatter(1, index, float("-inf")).amax(1)
    return scores.gather(1, index).squeeze(1) - rivals


# %% wrong="margins: made of plain numbers; breaks: Gradients must be able to flow through it"
def margins(scores, labels):
    values = []
    for row, label in zip(scores.tolist(), labels.tolist()):
        values.append(row[label] - max(row[:label] + row[label + 1 :]))
    return torch.tensor(values, dtype=scores.dtype)


# %% wrong="margins: squeezes all axes; breaks: (n,) out, seen with a single row"
def margins(scores, labels):
    index = labels[:, None]
    best = scores.scatter(1, index, float("-inf")).amax(1, keepdim=True)
    return (scores.gather(1, index) - best).squeeze()


# %% wrong="margins: hides the label's score in the caller's tensor; breaks: it leaves its inputs unchanged"
def margins(scores, labels):
    rows = torch.arange(len(labels))
    own = scores[rows, labels].clone()
    scores.data[rows, labels] = float("-inf")
    return own - scores.max(dim=1).values


# %% wrong="margins: takes 100 from the label's score, which is not always enough; breaks: the best score among the others, seen with scores [[300, 0]] and label 0"
def margins(scores, labels):
    rows = torch.arange(len(labels))
    penalty = torch.zeros_like(scores)
    penalty[rows, labels] = 100
    return scores[rows, labels] - (scores - penalty).amax(1)


# %% wrong="margins: float32 inside and out; breaks: accepts float32 and float64 and returns tensors of the same type"
def margins(scores, labels):
    scores = scores.float()
    index = labels[:, None]
    return scores.gather(1, index)[:, 0] - scores.scatter(1, index, float("-inf")).amax(1)


# %% right="confusion: one number for each pair, counted by bincount"
def confusion(truth: torch.Tensor, answers: torch.Tensor, classes: int) -> torch.Tensor:
    return torch.bincount(truth * classes + answers, minlength=classes**2).reshape(classes, classes)


# %% right="confusion: index_put_ that accumulates"
def confusion(truth, answers, classes):
    table = torch.zeros(classes, classes, dtype=torch.int64)
    one = torch.tensor(1)
    return table.index_put_((truth, answers), one, accumulate=True)


# %% right="confusion: a loop over the classes, not over the pictures"
def confusion(truth, answers, classes):
    return torch.stack([torch.bincount(answers[truth == t], minlength=classes) for t in range(classes)])


# %% right="confusion: scatter_add_ on the row behind the table"
def confusion(truth, answers, classes):
    counts = torch.zeros(classes * classes, dtype=torch.long)
    counts.scatter_add_(0, classes * truth + answers, torch.ones_like(truth))
    return counts.view(classes, classes)


# %% right="confusion: product of two tables of zeros and ones, in float64"
def confusion(truth, answers, classes):
    numbers = torch.arange(classes)
    is_truth = (truth[:, None] == numbers).double()
    is_answer = (answers[:, None] == numbers).double()
    return (is_truth.T @ is_answer).round().long()


# %% right="confusion: numpy inside"
def confusion(truth, answers, classes):
    table = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(table, (truth.numpy(), answers.numpy()), 1)
    return torch.from_numpy(table)


# %% wrong="confusion: bincount without minlength; breaks: Some classes may never occur, seen where the last pair does not occur"
def confusion(truth, answers, classes):
    return torch.bincount(truth * classes + answers).reshape(classes, classes)


# %% wrong="confusion: a table of floats; breaks: a table (classes, classes) of whole numbers"
def confusion(truth, answers, classes):
    table = torch.zeros(classes, classes)
    table.index_put_((truth, answers), torch.tensor(1.0), accumulate=True)
    return table


# %% wrong="confusion: as many classes as there are in the truth; breaks: Some classes may never occur, seen with truth [0, 1] and classes 3"
def confusion(truth, answers, classes):
    k = int(torch.maximum(truth, answers).max()) + 1
    return torch.bincount(truth * k + answers, minlength=k * k).reshape(k, k)


# %% wrong="confusion: numbers the pairs in the caller's tensor; breaks: it leaves its inputs unchanged"
def confusion(truth, answers, classes):
    truth *= classes
    truth += answers
    return torch.bincount(truth, minlength=classes * classes).reshape(classes, classes)


# %% wrong="confusion: rows only for classes that occur; breaks: a table (classes, classes), seen with a class without pictures"
def confusion(truth, answers, classes):
    return torch.stack([torch.bincount(answers[truth == t], minlength=classes) for t in truth.unique()])


# %% wrong="confusion: adds 1 at pairs by index, so that repeated pairs count once; breaks: how many pictures"
def confusion(truth, answers, classes):
    table = torch.zeros(classes, classes, dtype=torch.int64)
    table[truth, answers] += 1
    return table


# %% wrong="confusion: counts in bytes; breaks: it must count 200,000 of them, seen with more than 255 pictures of one pair"
def confusion(truth, answers, classes):
    counts = torch.bincount(truth * classes + answers, minlength=classes**2)
    return counts.to(torch.uint8).reshape(classes, classes)


# %% wrong="confusion: rows are the answers; breaks: in which row t, column a says how many of the true class t were given the answer a"
def confusion(truth, answers, classes):
    return torch.bincount(answers * classes + truth, minlength=classes**2).reshape(classes, classes)


# %% right="two_tables: pandas, kinds compared one by one"
def two_tables(train: str, test: str) -> tuple[torch.Tensor, torch.Tensor]:
    first, second = pd.read_csv(io.StringIO(train)), pd.read_csv(io.StringIO(test))
    means = first[["gears", "weight"]].mean()
    kinds = sorted(first["kind"].dropna().unique())

    def code(frame):
        numbers = frame[["gears", "weight"]].astype(float).fillna(means).to_numpy(dtype=np.float32)
        ones = np.zeros((len(frame), len(kinds)), dtype=np.float32)
        for place, kind in enumerate(kinds):
            ones[:, place] = (frame["kind"] == kind).to_numpy()
        return torch.from_numpy(np.concatenate([numbers, ones], axis=1))

    return code(first), code(second)


# %% right="two_tables: get_dummies, reindexed by the training table's columns"
def two_tables(train, test):
    a = pd.read_csv(io.StringIO(train)).drop(columns="price")
    b = pd.read_csv(io.StringIO(test)).drop(columns="price")
    dummies = pd.get_dummies(a["kind"], dtype=float)
    dummies = dummies[sorted(dummies.columns)]
    other = pd.get_dummies(b["kind"], dtype=float).reindex(columns=dummies.columns, fill_value=0.0)
    result = []
    for frame, ones in ((a, dummies), (b, other)):
        numbers = frame[["gears", "weight"]].astype(float)
        for column in numbers.columns:
            numbers[column] = numbers[column].fillna(a[column].mean())
        result.append(torch.tensor(pd.concat([numbers, ones], axis=1).to_numpy(dtype=float), dtype=torch.float32))
    return tuple(result)


# %% right="two_tables: without pandas, the csv module and plain lists"
def two_tables(train, test):
    import csv

    first = list(csv.DictReader(io.StringIO(train)))
    second = list(csv.DictReader(io.StringIO(test)))
    means = {}
    for name in ("gears", "weight"):
        known = [float(line[name]) for line in first if line[name]]
        means[name] = sum(known) / len(known)
    kinds = sorted({line["kind"] for line in first if line["kind"]})

    def inputs(lines):
        rows = []
        for line in lines:
            row = [float(line[name]) if line[name] else means[name] for name in ("gears", "weight")]
            rows.append(row + [float(line["kind"] == kind) for kind in kinds])
        return torch.tensor(rows, dtype=torch.float32).reshape(len(lines), 2 + len(kinds))

    return inputs(first), inputs(second)


# %% right="two_tables: a class that remembers the training table"
class Coder:
    def __init__(self, frame):
        self.means = {name: float(frame[name].mean()) for name in ("gears", "weight")}
        self.kinds = sorted(set(frame["kind"].dropna()))

    def __call__(self, frame):
        columns = [torch.tensor(frame[name].fillna(mean).to_numpy(dtype=float)) for name, mean in self.means.items()]
        columns += [torch.tensor((frame["kind"] == kind).to_numpy(dtype=float)) for kind in self.kinds]
        return torch.stack(columns, dim=1).to(torch.float32)


def two_tables(train, test):
    frames = [pd.read_csv(io.StringIO(text)) for text in (train, test)]
    coder = Coder(frames[0])
    return coder(frames[0]), coder(frames[1])


# %% right="two_tables: holes filled in torch with nanmean"
def two_tables(train, test):
    old, new = (pd.read_csv(io.StringIO(text)) for text in (train, test))
    numbers = torch.tensor(old[["gears", "weight"]].to_numpy(dtype=float))
    mean = numbers.nanmean(dim=0)
    kinds = sorted(word for word in old["kind"].unique() if isinstance(word, str))

    def table(frame):
        values = torch.tensor(frame[["gears", "weight"]].to_numpy(dtype=float))
        values = torch.where(values.isnan(), mean, values)
        ones = [[float(word == kind) for kind in kinds] for word in frame["kind"]]
        return torch.cat([values, torch.tensor(ones, dtype=torch.float64)], dim=1).float()

    return table(old), table(new)


# %% wrong="two_tables: the test table is coded by its own words; breaks: for each kind that occurs in the training table, seen with a test table of fewer or other kinds"
def two_tables(train, test):
    a, b = pd.read_csv(io.StringIO(train)), pd.read_csv(io.StringIO(test))
    means = a[["gears", "weight"]].mean()
    out = []
    for frame in (a, b):
        numbers = frame[["gears", "weight"]].fillna(means)
        both = pd.concat([numbers, pd.get_dummies(frame["kind"], dtype=float)], axis=1)
        out.append(torch.tensor(both.to_numpy(dtype=np.float32)))
    return out[0], out[1]


# %% wrong="two_tables: the words of both tables; breaks: a kind that the training table does not know has zeros in all of them, seen with an unknown kind in the test table"
def two_tables(train, test):
    a, b = pd.read_csv(io.StringIO(train)), pd.read_csv(io.StringIO(test))
    means = a[["gears", "weight"]].mean()
    kinds = sorted(set(a["kind"].dropna()) | set(b["kind"].dropna()))
    out = []
    for frame in (a, b):
        numbers = frame[["gears", "weight"]].fillna(means).to_numpy(dtype=np.float32)
        ones = np.stack([(frame["kind"] == kind).to_numpy() for kind in kinds], axis=1).astype(np.float32)
        out.append(torch.tensor(np.hstack([numbers, ones])))
    return out[0], out[1]


# %% wrong="two_tables: fills with the median; breaks: filled with the mean, seen with gears 1, 1, 10 and a hole"
def two_tables(train, test):
    a, b = pd.read_csv(io.StringIO(train)), pd.read_csv(io.StringIO(test))
    middle = a[["gears", "weight"]].median()
    kinds = sorted(a["kind"].dropna().unique())
    out = []
    for frame in (a, b):
        numbers = frame[["gears", "weight"]].fillna(middle).to_numpy(dtype=np.float32)
        ones = np.stack([(frame["kind"] == kind).to_numpy() for kind in kinds], axis=1).astype(np.float32)
        out.append(torch.tensor(np.hstack([numbers, ones])))
    return out[0], out[1]


# %% wrong="two_tables: float64 as numpy gives it; breaks: Return two float32 tensors"
def two_tables(train, test):
    a, b = pd.read_csv(io.StringIO(train)), pd.read_csv(io.StringIO(test))
    means = a[["gears", "weight"]].mean()
    kinds = sorted(a["kind"].dropna().unique())
    out = []
    for frame in (a, b):
        numbers = frame[["gears", "weight"]].fillna(means).to_numpy(dtype=float)
        ones = np.stack([(frame["kind"] == kind).to_numpy(dtype=float) for kind in kinds], axis=1)
        out.append(torch.from_numpy(np.hstack([numbers, ones])))
    return out[0], out[1]


# %% wrong="two_tables: sorts the words together with the hole; breaks: A bicycle whose kind is a hole has zeros in all of them, seen with an empty kind in the training table"
def two_tables(train, test):
    a, b = pd.read_csv(io.StringIO(train)), pd.read_csv(io.StringIO(test))
    means = a[["gears", "weight"]].mean()
    kinds = sorted(a["kind"].unique())
    out = []
    for frame in (a, b):
        numbers = frame[["gears", "weight"]].fillna(means).to_numpy(dtype=np.float32)
        ones = np.stack([(frame["kind"] == kind).to_numpy() for kind in kinds], axis=1).astype(np.float32)
        out.append(torch.tensor(np.hstack([numbers, ones])))
    return out[0], out[1]


# %% wrong="two_tables: an empty kind becomes the most frequent one; breaks: A bicycle whose kind is a hole has zeros in all of them"
def two_tables(train, test):
    a, b = pd.read_csv(io.StringIO(train)), pd.read_csv(io.StringIO(test))
    means = a[["gears", "weight"]].mean()
    usual = a["kind"].mode()[0]
    kinds = sorted(a["kind"].dropna().unique())
    out = []
    for frame in (a, b):
        numbers = frame[["gears", "weight"]].fillna(means).to_numpy(dtype=np.float32)
        words = frame["kind"].fillna(usual)
        ones = np.stack([(words == kind).to_numpy() for kind in kinds], axis=1).astype(np.float32)
        out.append(torch.tensor(np.hstack([numbers, ones])))
    return out[0], out[1]


# %% wrong="two_tables: rounds the mean to a whole number; breaks: filled with the mean, seen with gears 1, 2 and a hole"
def two_tables(train, test):
    a, b = pd.read_csv(io.StringIO(train)), pd.read_csv(io.StringIO(test))
    means = a[["gears", "weight"]].mean().round()
    kinds = sorted(a["kind"].dropna().unique())
    out = []
    for frame in (a, b):
        numbers = frame[["gears", "weight"]].fillna(means).to_numpy(dtype=np.float32)
        ones = np.stack([(frame["kind"] == kind).to_numpy() for kind in kinds], axis=1).astype(np.float32)
        out.append(torch.tensor(np.hstack([numbers, ones])))
    return out[0], out[1]


# %% wrong="two_tables: reindex leaves nan for kinds that the test table lacks; breaks: one column of zeros and ones, seen with a test table without race bicycles"
def two_tables(train, test):
    a, b = pd.read_csv(io.StringIO(train)), pd.read_csv(io.StringIO(test))
    means = a[["gears", "weight"]].mean()
    names = pd.get_dummies(a["kind"]).columns
    out = []
    for frame in (a, b):
        numbers = frame[["gears", "weight"]].fillna(means)
        ones = pd.get_dummies(frame["kind"], dtype=float).reindex(columns=names)
        out.append(torch.tensor(pd.concat([numbers, ones], axis=1).to_numpy(dtype=np.float32)))
    return out[0], out[1]


# %% wrong="two_tables: drops bicycles without a kind; breaks: (rows, 2 + number of kinds), seen with an empty kind"
def two_tables(train, test):
    a, b = (pd.read_csv(io.StringIO(text)).dropna(subset=["kind"]) for text in (train, test))
    means = a[["gears", "weight"]].mean()
    kinds = sorted(a["kind"].unique())
    out = []
    for frame in (a, b):
        numbers = frame[["gears", "weight"]].fillna(means).to_numpy(dtype=np.float32)
        ones = np.stack([(frame["kind"] == kind).to_numpy() for kind in kinds], axis=1).astype(np.float32)
        out.append(torch.tensor(np.hstack([numbers, ones])))
    return out[0], out[1]


# %% wrong="two_tables: the test table's holes get its own mean; breaks: with the mean of that column of the training table"
def two_tables(train, test):
    a, b = pd.read_csv(io.StringIO(train)), pd.read_csv(io.StringIO(test))
    kinds = sorted(a["kind"].dropna().unique())
    out = []
    for frame in (a, b):
        part = frame[["gears", "weight"]]
        numbers = part.fillna(part.mean()).to_numpy(dtype=np.float32)
        ones = np.stack([(frame["kind"] == kind).to_numpy() for kind in kinds], axis=1).astype(np.float32)
        out.append(torch.tensor(np.hstack([numbers, ones])))
    return out[0], out[1]


# %% right="sentences: the letters of the text"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors moved, mapped, alike, pairs, trace and forms, as the text above says."""
    moved = torch.einsum("ij,bj->bi", a, x)
    mapped = a.mv(v)
    alike = torch.einsum("bi,ci->bc", x, y)
    pairs = torch.einsum("bi,bi->b", x, y)
    trace = torch.einsum("ii->", a)
    forms = torch.einsum("bi,ij,bj->b", x, a, x)
    return moved, mapped, alike, pairs, trace, forms


# %% right="sentences: other letters than usual"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors moved, mapped, alike, pairs, trace and forms, as the text above says."""
    moved = torch.einsum("ij,bj->bi", a, x)
    mapped = a.mv(v)
    alike = torch.einsum("xk,yk->xy", x, y)
    pairs = torch.einsum("nk,nk->n", x, y)
    trace = torch.einsum("kk->", a)
    forms = torch.einsum("nk,kl,nl->n", x, a, x)
    return moved, mapped, alike, pairs, trace, forms


# %% right="sentences: nothing after the arrow left away where it is the default, spaces"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors moved, mapped, alike, pairs, trace and forms, as the text above says."""
    moved = torch.einsum("ij,bj->bi", a, x)
    mapped = a.mv(v)
    alike = torch.einsum("ik,jk", x, y)
    pairs = torch.einsum("b i, b i -> b", x, y)
    trace = torch.einsum("ii", a)
    forms = torch.einsum("b i, i j, b j -> b", x, a, x)
    return moved, mapped, alike, pairs, trace, forms


# %% right="sentences: an ellipsis for the batch, and i and j exchanged in the form"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors moved, mapped, alike, pairs, trace and forms, as the text above says."""
    moved = torch.einsum("ij,bj->bi", a, x)
    mapped = a.mv(v)
    alike = torch.einsum("bi,ci->bc", x, y)
    pairs = torch.einsum("...i,...i->...", x, y)
    trace = torch.einsum("ii->", a)
    forms = torch.einsum("bj,ji,bi->b", x, a, x)
    return moved, mapped, alike, pairs, trace, forms


# %% wrong="sentences: alike is transposed, which the symmetric public check does not show; breaks: every row of x with every row of y"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors moved, mapped, alike, pairs, trace and forms, as the text above says."""
    moved = torch.einsum("ij,bj->bi", a, x)
    mapped = a.mv(v)
    alike = torch.einsum("bi,ci->cb", x, y)
    pairs = torch.einsum("bi,bi->b", x, y)
    trace = torch.einsum("ii->", a)
    forms = torch.einsum("bi,ij,bj->b", x, a, x)
    return moved, mapped, alike, pairs, trace, forms


# %% wrong="sentences: forms uses one letter for both places; breaks: for each row the sum over i and j of x_i a_ij x_j"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors moved, mapped, alike, pairs, trace and forms, as the text above says."""
    moved = torch.einsum("ij,bj->bi", a, x)
    mapped = a.mv(v)
    alike = torch.einsum("bi,ci->bc", x, y)
    pairs = torch.einsum("bi,bi->b", x, y)
    trace = torch.einsum("ii->", a)
    forms = torch.einsum("bi,ij,bi->b", x, a, x)
    return moved, mapped, alike, pairs, trace, forms


# %% wrong="sentences: forms sums over the batch; breaks: forms (batch,)"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors moved, mapped, alike, pairs, trace and forms, as the text above says."""
    moved = torch.einsum("ij,bj->bi", a, x)
    mapped = a.mv(v)
    alike = torch.einsum("bi,ci->bc", x, y)
    pairs = torch.einsum("bi,bi->b", x, y)
    trace = torch.einsum("ii->", a)
    forms = torch.einsum("bi,ij,bj->", x, a, x)
    return moved, mapped, alike, pairs, trace, forms


# %% wrong="sentences: forms with every other row too; breaks: forms (batch,)"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors moved, mapped, alike, pairs, trace and forms, as the text above says."""
    moved = torch.einsum("ij,bj->bi", a, x)
    mapped = a.mv(v)
    alike = torch.einsum("bi,ci->bc", x, y)
    pairs = torch.einsum("bi,bi->b", x, y)
    trace = torch.einsum("ii->", a)
    forms = torch.einsum("bi,ij,cj->bc", x, a, x)
    return moved, mapped, alike, pairs, trace, forms


# %% wrong="sentences: forms takes the diagonal only; breaks: the sum over i and j"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors moved, mapped, alike, pairs, trace and forms, as the text above says."""
    moved = torch.einsum("ij,bj->bi", a, x)
    mapped = a.mv(v)
    alike = torch.einsum("bi,ci->bc", x, y)
    pairs = torch.einsum("bi,bi->b", x, y)
    trace = torch.einsum("ii->", a)
    forms = torch.einsum("bi,ii,bi->b", x, a, x)
    return moved, mapped, alike, pairs, trace, forms


# %% wrong="sentences: forms without the last x; breaks: for each row the sum over i and j of x_i a_ij x_j"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors moved, mapped, alike, pairs, trace and forms, as the text above says."""
    moved = torch.einsum("ij,bj->bi", a, x)
    mapped = a.mv(v)
    alike = torch.einsum("bi,ci->bc", x, y)
    pairs = torch.einsum("bi,bi->b", x, y)
    trace = torch.einsum("ii->", a)
    forms = torch.einsum("bi,ij,bk->b", x, a, x)
    return moved, mapped, alike, pairs, trace, forms


# %% wrong="sentences: pairs sums over the batch; breaks: the dot product of each row of x with the row of y at the same place"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors moved, mapped, alike, pairs, trace and forms, as the text above says."""
    moved = torch.einsum("ij,bj->bi", a, x)
    mapped = a.mv(v)
    alike = torch.einsum("bi,ci->bc", x, y)
    pairs = torch.einsum("bi,bi->i", x, y)
    trace = torch.einsum("ii->", a)
    forms = torch.einsum("bi,ij,bj->b", x, a, x)
    return moved, mapped, alike, pairs, trace, forms


# %% wrong="sentences: trace sums the whole matrix; breaks: the sum of the diagonal"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors moved, mapped, alike, pairs, trace and forms, as the text above says."""
    moved = torch.einsum("ij,bj->bi", a, x)
    mapped = a.mv(v)
    alike = torch.einsum("bi,ci->bc", x, y)
    pairs = torch.einsum("bi,bi->b", x, y)
    trace = torch.einsum("ij->", a)
    forms = torch.einsum("bi,ij,bj->b", x, a, x)
    return moved, mapped, alike, pairs, trace, forms


# %% right="landscape: the plain way"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The places (height * width, 2), the picture (height, width) of height_at(places), and it without its rows' means."""
    rows = repeat(torch.arange(height), "h -> h w", w=width)
    columns = repeat(torch.arange(width), "w -> h w", h=height)
    places = rearrange(torch.stack([rows, columns]), "c h w -> (h w) c")
    values = height_at(places)
    picture = rearrange(values, "(h w) -> h w", h=height)
    means = reduce(picture, "h w -> h 1", "mean")
    return places, picture, picture - means


# %% right="landscape: flat at once"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The places (height * width, 2), the picture (height, width) of height_at(places), and it without its rows' means."""
    rows = repeat(torch.arange(height), "h -> (h w)", w=width)
    columns = repeat(torch.arange(width), "w -> (h w)", h=height)
    places = rearrange(torch.stack([rows, columns]), "two place -> place two")
    values = height_at(places)
    picture = rearrange(values, "(h w) -> h w", w=width)
    means = reduce(picture, "h w -> h ()", reduction="mean")
    return places, picture, picture - means


# %% right="landscape: other names, both lengths given, a function as reduction"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The places (height * width, 2), the picture (height, width) of height_at(places), and it without its rows' means."""
    rows = repeat(torch.arange(height), "y -> y x", x=width)
    columns = repeat(torch.arange(width), "x -> y x", y=height)
    places = rearrange(torch.stack([rows, columns]), "k y x -> (y x) k")
    values = height_at(places)
    picture = rearrange(values, "(y x) -> y x", y=height, x=width)
    means = reduce(picture, "y x -> y 1", lambda t, axes: t.mean(axes))
    return places, picture, picture - means


# %% wrong="landscape: the median of each row; breaks: the mean of each row, seen where heights do not grow evenly"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The places (height * width, 2), the picture (height, width) of height_at(places), and it without its rows' means."""
    rows = repeat(torch.arange(height), "h -> h w", w=width)
    columns = repeat(torch.arange(width), "w -> h w", h=height)
    places = rearrange(torch.stack([rows, columns]), "c h w -> (h w) c")
    values = height_at(places)
    picture = rearrange(values, "(h w) -> h w", h=height)
    means = reduce(picture, "h w -> h 1", lambda t, axes: t.median(1).values)
    return places, picture, picture - means


# %% wrong="landscape: halfway between lowest and highest; breaks: the mean of each row, seen where heights do not grow evenly"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The places (height * width, 2), the picture (height, width) of height_at(places), and it without its rows' means."""
    rows = repeat(torch.arange(height), "h -> h w", w=width)
    columns = repeat(torch.arange(width), "w -> h w", h=height)
    places = rearrange(torch.stack([rows, columns]), "c h w -> (h w) c")
    values = height_at(places)
    picture = rearrange(values, "(h w) -> h w", h=height)
    means = reduce(picture, "h w -> h 1", lambda t, axes: (t.amin(axes) + t.amax(axes)) / 2)
    return places, picture, picture - means


# %% wrong="landscape: always three columns; breaks: (height, width), seen with width 4"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The places (height * width, 2), the picture (height, width) of height_at(places), and it without its rows' means."""
    rows = repeat(torch.arange(height), "h -> h w", w=3)
    columns = repeat(torch.arange(width), "w -> h w", h=height)
    places = rearrange(torch.stack([rows, columns]), "c h w -> (h w) c")
    values = height_at(places)
    picture = rearrange(values, "(h w) -> h w", h=height)
    means = reduce(picture, "h w -> h 1", "mean")
    return places, picture, picture - means


# %% wrong="landscape: always two rows; breaks: (height, width), seen with height 3"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The places (height * width, 2), the picture (height, width) of height_at(places), and it without its rows' means."""
    rows = repeat(torch.arange(height), "h -> h w", w=width)
    columns = repeat(torch.arange(width), "w -> h w", h=2)
    places = rearrange(torch.stack([rows, columns]), "c h w -> (h w) c")
    values = height_at(places)
    picture = rearrange(values, "(h w) -> h w", h=2)
    means = reduce(picture, "h w -> h 1", "mean")
    return places, picture, picture - means


# %% wrong="landscape: the mean is rounded; breaks: the mean of each row subtracted, seen with means such as 1.5"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The places (height * width, 2), the picture (height, width) of height_at(places), and it without its rows' means."""
    rows = repeat(torch.arange(height), "h -> h w", w=width)
    columns = repeat(torch.arange(width), "w -> h w", h=height)
    places = rearrange(torch.stack([rows, columns]), "c h w -> (h w) c")
    values = height_at(places)
    picture = rearrange(values, "(h w) -> h w", h=height)
    means = reduce(picture, "h w -> h 1", lambda t, axes: t.mean(axes).round())
    return places, picture, picture - means


# %% wrong="landscape: one mean for all; breaks: the mean of each row"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The places (height * width, 2), the picture (height, width) of height_at(places), and it without its rows' means."""
    rows = repeat(torch.arange(height), "h -> h w", w=width)
    columns = repeat(torch.arange(width), "w -> h w", h=height)
    places = rearrange(torch.stack([rows, columns]), "c h w -> (h w) c")
    values = height_at(places)
    picture = rearrange(values, "(h w) -> h w", h=height)
    means = reduce(picture, "h w -> 1 1", "mean")
    return places, picture, picture - means


# %% wrong="landscape: the row number runs fastest; breaks: in reading order"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The places (height * width, 2), the picture (height, width) of height_at(places), and it without its rows' means."""
    rows = repeat(torch.arange(height), "h -> h w", w=width)
    columns = repeat(torch.arange(width), "w -> h w", h=height)
    places = rearrange(torch.stack([rows, columns]), "c h w -> (w h) c")
    values = height_at(places)
    picture = rearrange(values, "(h w) -> h w", h=height)
    means = reduce(picture, "h w -> h 1", "mean")
    return places, picture, picture - means


# %% wrong="landscape: as many columns as rows and one more; breaks: (height times width, 2), seen with height 2 and width 5"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The places (height * width, 2), the picture (height, width) of height_at(places), and it without its rows' means."""
    rows = repeat(torch.arange(height), "h -> h w", w=height + 1)
    columns = repeat(torch.arange(width), "w -> h w", h=height)
    places = rearrange(torch.stack([rows, columns]), "c h w -> (h w) c")
    values = height_at(places)
    picture = rearrange(values, "(h w) -> h w", h=height)
    means = reduce(picture, "h w -> h 1", "mean")
    return places, picture, picture - means


# %% right="controls: numbers from the shapes"
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
    outer = torch.as_strided(w, (n, m), (1, 0)) * torch.as_strided(v, (n, m), (0, 1))
    return again, steps, trace, mv, mm, outer


# %% right="controls: asks the tensors for their strides"
def controls(a, b, square, v, w) -> tuple[torch.Tensor, ...]:
    """The tensors again, steps, trace, mv, mm and outer, as the text above says."""
    (n, m), p = a.shape, b.shape[1]
    again = torch.as_strided(a, a.shape, a.stride())
    steps = torch.as_strided(v, (2, 3), (1, 1))
    trace = torch.as_strided(square, (n,), (sum(square.stride()),)).sum()
    mv = (a * torch.as_strided(v, a.shape, (0, v.stride(0)))).sum(dim=1)
    left = torch.as_strided(a, (n, m, p), (*a.stride(), 0))
    right = torch.as_strided(b, (n, m, p), (0, *b.stride()))
    mm = (left * right).sum(dim=1)
    outer = torch.as_strided(w, (n, m), (1, 0)) * torch.as_strided(v, (n, m), (0, 1))
    return again, steps, trace, mv, mm, outer


# %% right="controls: keyword arguments, lists and an axis of length 1 that broadcasting stretches"
def controls(a, b, square, v, w) -> tuple[torch.Tensor, ...]:
    """The tensors again, steps, trace, mv, mm and outer, as the text above says."""
    (n, m), p = a.shape, b.shape[1]
    again = torch.as_strided(a, size=[n, m], stride=[m, 1])
    steps = torch.as_strided(v, [2, 3], [1, 1])
    trace = torch.as_strided(square, (n, 1), (n + 1, 1)).sum()
    mv = (a * torch.as_strided(v, (1, m), (m, 1))).sum(dim=1)
    left = torch.as_strided(a, (n, m, p), (m, 1, 0))
    right = torch.as_strided(b, (n, m, p), (0, p, 1))
    mm = (left * right).sum(dim=1)
    outer = torch.as_strided(w, (n, m), (1, 0)) * torch.as_strided(v, (n, m), (0, 1))
    return again, steps, trace, mv, mm, outer


# %% wrong="controls: again steps by the number of rows; breaks: a itself, seen with a (2, 4)"
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


# %% wrong="controls: again is turned over; breaks: again (n, m), a itself"
def controls(a, b, square, v, w) -> tuple[torch.Tensor, ...]:
    """The tensors again, steps, trace, mv, mm and outer, as the text above says."""
    (n, m), p = a.shape, b.shape[1]
    again = torch.as_strided(a, (m, n), (1, m))
    steps = torch.as_strided(v, (2, 3), (1, 1))
    trace = torch.as_strided(square, (n,), (n + 1,)).sum()
    mv = (a * torch.as_strided(v, (n, m), (0, 1))).sum(dim=1)
    left = torch.as_strided(a, (n, m, p), (m, 1, 0))
    right = torch.as_strided(b, (n, m, p), (0, p, 1))
    mm = (left * right).sum(dim=1)
    outer = torch.as_strided(w, (n, m), (1, 0)) * torch.as_strided(v, (n, m), (0, 1))
    return again, steps, trace, mv, mm, outer


# %% wrong="controls: steps repeats the same row; breaks: (v0, v1, v2) and (v1, v2, v3)"
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


# %% wrong="controls: steps has three rows of two; breaks: steps (2, 3)"
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


# %% wrong="controls: trace of two by two only; breaks: the sum of the diagonal of square (n, n), seen with n = 3"
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


# %% wrong="controls: b is read down its columns; breaks: a times b"
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


# %% wrong="controls: b is repeated along the last axis; breaks: b along a new first one"
def controls(a, b, square, v, w) -> tuple[torch.Tensor, ...]:
    """The tensors again, steps, trace, mv, mm and outer, as the text above says."""
    (n, m), p = a.shape, b.shape[1]
    again = torch.as_strided(a, (n, m), (m, 1))
    steps = torch.as_strided(v, (2, 3), (1, 1))
    trace = torch.as_strided(square, (n,), (n + 1,)).sum()
    mv = (a * torch.as_strided(v, (n, m), (0, 1))).sum(dim=1)
    left = torch.as_strided(a, (n, m, p), (m, 1, 0))
    right = torch.as_strided(b, (n, m, p), (p, 1, 0))
    mm = (left * right).sum(dim=1)
    outer = torch.as_strided(w, (n, m), (1, 0)) * torch.as_strided(v, (n, m), (0, 1))
    return again, steps, trace, mv, mm, outer


# %% wrong="controls: a is taken for square of m by n; breaks: a times b"
def controls(a, b, square, v, w) -> tuple[torch.Tensor, ...]:
    """The tensors again, steps, trace, mv, mm and outer, as the text above says."""
    (n, m), p = a.shape, b.shape[1]
    again = torch.as_strided(a, (n, m), (m, 1))
    steps = torch.as_strided(v, (2, 3), (1, 1))
    trace = torch.as_strided(square, (n,), (n + 1,)).sum()
    mv = (a * torch.as_strided(v, (n, m), (0, 1))).sum(dim=1)
    left = torch.as_strided(a, (n, m, p), (n, 1, 0))
    right = torch.as_strided(b, (n, m, p), (0, p, 1))
    mm = (left * right).sum(dim=1)
    outer = torch.as_strided(w, (n, m), (1, 0)) * torch.as_strided(v, (n, m), (0, 1))
    return again, steps, trace, mv, mm, outer


# %% wrong="controls: the strides of the public example; breaks: for all sizes, seen with p other than 2"
def controls(a, b, square, v, w) -> tuple[torch.Tensor, ...]:
    """The tensors again, steps, trace, mv, mm and outer, as the text above says."""
    (n, m), p = a.shape, b.shape[1]
    again = torch.as_strided(a, (n, m), (m, 1))
    steps = torch.as_strided(v, (2, 3), (1, 1))
    trace = torch.as_strided(square, (n,), (n + 1,)).sum()
    mv = (a * torch.as_strided(v, (n, m), (0, 1))).sum(dim=1)
    left = torch.as_strided(a, (n, m, p), (m, 1, 0))
    right = torch.as_strided(b, (n, m, p), (0, 2, 1))
    mm = (left * right).sum(dim=1)
    outer = torch.as_strided(w, (n, m), (1, 0)) * torch.as_strided(v, (n, m), (0, 1))
    return again, steps, trace, mv, mm, outer


# %% wrong="controls: outer has v twice the same number; breaks: every number of w times every number of v"
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
    outer = torch.as_strided(w, (n, m), (1, 0)) * torch.as_strided(v, (n, m), (1, 0))
    return again, steps, trace, mv, mm, outer


# %% right="blur: a strided view of all windows"
def blur(picture: torch.Tensor, size: int) -> torch.Tensor:
    height, width = picture.shape
    down, across = picture.stride()
    windows = picture.as_strided((height - size + 1, width - size + 1, size, size), (down, across, down, across))
    return windows.mean(dim=(2, 3))


# %% right="blur: adds up size times size shifted pictures"
def blur(picture, size):
    height, width = picture.shape
    total = 0
    for i in range(size):
        for j in range(size):
            total = total + picture[i : height - size + 1 + i, j : width - size + 1 + j]
    return total / size**2


# %% right="blur: first down, then across"
def blur(picture, size):
    def down(x):
        n = len(x) - size + 1
        return sum(x[i : i + n] for i in range(size)) / size

    return down(down(picture).T).T


# %% right="blur: one mean for each window, stacked"
def blur(picture, size):
    rows = range(picture.shape[0] - size + 1)
    columns = range(picture.shape[1] - size + 1)
    return torch.stack([torch.stack([picture[i : i + size, j : j + size].mean() for j in columns]) for i in rows])


# %% right="blur: index tensors of four axes"
def blur(picture, size):
    height, width = picture.shape
    step = torch.arange(size)
    i = torch.arange(height - size + 1)[:, None, None, None] + step[:, None]
    j = torch.arange(width - size + 1)[:, None, None] + step
    return picture[i, j].mean(dim=(-1, -2))


# %% right="blur: bands of ones on both sides, as matrix products"
def blur(picture, size):
    def band(n):
        k = torch.arange(n)
        first = torch.arange(n - size + 1)[:, None]
        return ((k >= first) & (k < first + size)).to(picture.dtype)

    height, width = picture.shape
    return band(height) @ picture @ band(width).T / (size * size)


# %% wrong="blur: divides by 2 * size, which is size squared for size 2 only; breaks: The mean of every size x size window, seen with size 3"
def blur(picture, size):
    height, width = picture.shape
    s, t = picture.stride()
    return picture.as_strided((height - size + 1, width - size + 1, size, size), (s, t, s, t)).sum((2, 3)) / (2 * size)


# %% wrong="blur: starts at the beginning of the memory; breaks: The picture may be any view, sliced, seen with a slice x[1:, 1:]"
def blur(picture, size):
    height, width = picture.shape
    s, t = picture.stride()
    windows = torch.as_strided(picture, (height - size + 1, width - size + 1, size, size), (s, t, s, t), 0)
    return windows.mean(dim=(-2, -1))


# %% wrong="blur: believes that the strides are (width, 1); breaks: it accepts non-contiguous tensors, seen with a transpose"
def blur(picture, size):
    height, width = picture.shape
    windows = torch.as_strided(picture, (height - size + 1, width - size + 1, size, size), (width, 1, width, 1))
    return windows.mean(dim=(-2, -1))


# %% wrong="blur: detaches for numpy; breaks: gradients flow back to picture"
def blur(picture, size):
    windows = np.lib.stride_tricks.sliding_window_view(picture.detach().numpy(), (size, size))
    return torch.from_numpy(windows.mean(axis=(2, 3)))


# %% wrong="blur: the mean of the four corners; breaks: the mean of the square around it, seen with size 3"
def blur(picture, size):
    height, width = picture.shape
    h, w, last = height - size + 1, width - size + 1, size - 1
    corners = [picture[i : i + h, j : j + w] for i in (0, last) for j in (0, last)]
    return torch.stack(corners).mean(dim=0)


# %% wrong="blur: writes into a float32 tensor; breaks: accepts float32 and float64 and returns tensors of the same type"
def blur(picture, size):
    height, width = picture.shape
    result = torch.zeros(height - size + 1, width - size + 1)
    for i in range(height - size + 1):
        for j in range(width - size + 1):
            result[i, j] = picture[i : i + size, j : j + size].mean()
    return result


# %% wrong="blur: as many windows across as down; breaks: (height - size + 1, width - size + 1) out, seen with a picture (4, 6)"
def blur(picture, size):
    n = min(picture.shape) - size + 1
    s, t = picture.stride()
    return picture.as_strided((n, n, size, size), (s, t, s, t)).mean(dim=(2, 3))


# %% wrong="blur: the method unfold; breaks: written by hand, without the ready-made unfold"
def blur(picture, size):
    return picture.unfold(0, size, 1).unfold(1, size, 1).mean(dim=(2, 3))


# %% wrong="blur: halfway between the lightest and the darkest pixel; breaks: The mean of every size x size window, seen with [[0, 0], [0, 4]]"
def blur(picture, size):
    height, width = picture.shape
    s, t = picture.stride()
    windows = picture.as_strided((height - size + 1, width - size + 1, size, size), (s, t, s, t))
    return (windows.amin((2, 3)) + windows.amax((2, 3))) / 2


# %% wrong="blur: windows with the steps of the outer axes exchanged; breaks: (height, width) in, (height - size + 1, width - size + 1) out, seen with a picture that is not square"
def blur(picture, size):
    turned = picture.T
    a, b = turned.shape
    s, t = turned.stride()
    return turned.as_strided((a - size + 1, b - size + 1, size, size), (t, s, s, t)).mean(dim=(2, 3))


# %% right="drawings: the plain way"
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
    steep, high = format(slope, ".2f"), format(abs(shift), ".2f")
    axis.set_title(f"y = {steep} x {sign} {high}")
    return figure


# %% right="drawings: three digits for a place, ndindex for the pairs, other names of axes, reshape"
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
        axes[(row, column)].imshow(pictures[place], cmap="gray_r")
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
    slope, shift = layer.weight[0, 0].item(), layer.bias[0].item()
    y = layer(x.reshape(-1, 1)).squeeze(1).detach().numpy()
    figure = plt.figure(figsize=(4, 2))
    axis = figure.add_subplot()
    axis.plot(x.numpy(), y)
    sign = "−" if shift < 0 else "+"
    steep, high = format(slope, "0.2f"), format(abs(shift), ".2f")
    axis.set_title(f"y = {steep} x {sign} {high}")
    return figure


# %% right="drawings: a list of the pairs, detached parameters, sign by hand"
def profiles(x, first, second, title, xlabel, ylabel):
    """Two curves side by side, with one vertical scale."""
    figure = plt.figure(figsize=(6, 2))
    left = figure.add_subplot(1, 2, 1)
    right = figure.add_subplot(1, 2, 2, sharey=figure.axes[0])
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
    across = repeat(xs, "x -> y x", y=len(ys))
    up = repeat(ys, "y -> y x", x=len(xs))
    heights = np.vectorize(f)(across, up)
    figure = plt.figure(figsize=(3, 3))
    figure.add_subplot().contour(across, up, heights)
    return figure


def fitted(layer, x):
    """The line of a layer nn.Linear(1, 1) over x, with its formula as title."""
    slope, shift = layer.weight.detach().item(), layer.bias.detach().numpy()[0].item()
    y = layer(x.view(-1, 1)).squeeze(1).detach().cpu().numpy()
    figure = plt.figure(figsize=(4, 2))
    axis = figure.add_subplot()
    axis.plot(x.numpy(), y)
    sign = "−" if shift < 0 else "+"
    steep, high = format(slope, ".2f"), format(-shift if shift < 0 else shift, ".2f")
    axis.set_title(f"y = {steep} x {sign} {high}")
    return figure


# %% right="drawings: einops for the column of x, the pairs as a tuple"
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
    grid = tuple((row, column) for row in range(rows) for column in range(columns))
    for place, (row, column) in enumerate(grid):
        axes[row, column].imshow(pictures[place], cmap="gray_r")
        axes[row, column].set_title(titles[place])
    return figure


def contours(f, xs, ys):
    """Lines of equal height of f(x, y) over a grid of places."""
    across = repeat(xs, "n -> k n", k=ys.shape[0])
    up = repeat(ys, "n -> n k", k=xs.shape[0])
    heights = np.vectorize(f)(across, up)
    figure = plt.figure(figsize=(3, 3))
    figure.add_subplot().contour(across, up, heights)
    return figure


def fitted(layer, x):
    """The line of a layer nn.Linear(1, 1) over x, with its formula as title."""
    slope, shift = layer.weight.flatten()[0].item(), layer.bias.item()
    y = layer(x.reshape((len(x), 1))).squeeze(1).detach().numpy()
    figure = plt.figure(figsize=(4, 2))
    axis = figure.add_subplot()
    axis.plot(x.numpy(), y)
    sign = "−" if shift < 0 else "+"
    steep, high = format(slope, ".2f"), format(abs(shift), ".2f")
    axis.set_title(f"y = {steep} x {sign} {high}")
    return figure


# %% wrong="drawings: no common scale; breaks: with one vertical scale"
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


# %% wrong="drawings: the horizontal scale is shared; breaks: with one vertical scale"
def profiles(x, first, second, title, xlabel, ylabel):
    """Two curves side by side, with one vertical scale."""
    figure = plt.figure(figsize=(6, 2))
    left = figure.add_subplot(1, 2, 1)
    right = figure.add_subplot(1, 2, 2, sharex=left)
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


# %% wrong="drawings: all pictures on the first row of axes; breaks: pictures on a grid, in reading order, seen with two rows"
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
        axes[0, column].imshow(pictures[place], cmap="gray_r")
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


# %% wrong="drawings: rows and columns of the pairs exchanged; breaks: on a grid, seen with a grid of 1 row and 2 columns"
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
    grid = product(range(columns), range(rows))
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


# %% wrong="drawings: the same picture place in each column; breaks: in reading order, seen with two columns"
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
        axes[row, row].imshow(pictures[place], cmap="gray_r")
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


# %% wrong="drawings: areas in place of lines; breaks: draws lines of equal height"
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


# %% wrong="drawings: lengths exchanged; breaks: of shape (len(ys), len(xs)) both, seen with 3 xs and 5 ys"
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


# %% wrong="drawings: the sign is written twice; breaks: y = 2.00 x − 0.50, seen with a negative shift"
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


# %% wrong="drawings: one digit after the point; breaks: with its formula as title, such as y = 2.00 x − 0.50"
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
    steep, high = format(slope, ".1f"), format(abs(shift), ".1f")
    axis.set_title(f"y = {steep} x {sign} {high}")
    return figure


# %% wrong="drawings: slope and shift exchanged; breaks: the formula of the line, seen with slope 2 and shift -0.5"
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
    slope, shift = layer.bias.item(), layer.weight.item()
    y = layer(x.unsqueeze(1)).squeeze(1).detach().numpy()
    figure = plt.figure(figsize=(4, 2))
    axis = figure.add_subplot()
    axis.plot(x.numpy(), y)
    sign = "−" if shift < 0 else "+"
    steep, high = format(slope, ".2f"), format(abs(shift), ".2f")
    axis.set_title(f"y = {steep} x {sign} {high}")
    return figure


# %% wrong="drawings: the parameter is no plain number; breaks: item() makes a Python number, format fails"
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
    slope, shift = layer.weight, layer.bias.item()
    y = layer(x.unsqueeze(1)).squeeze(1).detach().numpy()
    figure = plt.figure(figsize=(4, 2))
    axis = figure.add_subplot()
    axis.plot(x.numpy(), y)
    sign = "−" if shift < 0 else "+"
    steep, high = format(slope, ".2f"), format(abs(shift), ".2f")
    axis.set_title(f"y = {steep} x {sign} {high}")
    return figure


# %% wrong="drawings: not detached; breaks: detach it first, numpy fails"
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
    y = layer(x.unsqueeze(1)).squeeze(1).flatten().numpy()
    figure = plt.figure(figsize=(4, 2))
    axis = figure.add_subplot()
    axis.plot(x.numpy(), y)
    sign = "−" if shift < 0 else "+"
    steep, high = format(slope, ".2f"), format(abs(shift), ".2f")
    axis.set_title(f"y = {steep} x {sign} {high}")
    return figure


# %% wrong="drawings: the size of the slope only; breaks: its formula as title, seen with a negative slope"
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
    steep, high = format(abs(slope), ".2f"), format(abs(shift), ".2f")
    axis.set_title(f"y = {steep} x {sign} {high}")
    return figure


# %% wrong="drawings: the left curve as points; breaks: two curves over the same x"
def profiles(x, first, second, title, xlabel, ylabel):
    """Two curves side by side, with one vertical scale."""
    figure = plt.figure(figsize=(6, 2))
    left = figure.add_subplot(1, 2, 1)
    right = figure.add_subplot(1, 2, 2, sharey=left)
    left.scatter(x, first)
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


# %% wrong="drawings: two significant digits; breaks: such as y = 2.00 x − 0.50"
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
    steep, high = format(slope, ".2g"), format(abs(shift), ".2g")
    axis.set_title(f"y = {steep} x {sign} {high}")
    return figure


# %% right="mean_pictures: a comprehension makes as many tensors as classes"
def mean_pictures(pictures: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    sums = [torch.zeros_like(pictures[0]) for _ in range(classes)]
    counts = torch.bincount(labels, minlength=classes)
    for picture, label in zip(pictures, labels.tolist()):
        sums[label] += picture
    return torch.stack(sums) / counts.clamp(min=1)[:, None, None]


# %% right="mean_pictures: the list may hold one tensor, as nothing is changed in place"
def mean_pictures(pictures, labels, classes):
    sums = [torch.zeros_like(pictures[0])] * classes
    counts = torch.bincount(labels, minlength=classes)
    for picture, label in zip(pictures, labels.tolist()):
        sums[label] = sums[label] + picture
    return torch.stack(sums) / counts.clamp(min=1)[:, None, None]


# %% right="mean_pictures: no loop, index_add_ on one tensor"
def mean_pictures(pictures, labels, classes):
    sums = torch.zeros(classes, *pictures.shape[1:], dtype=pictures.dtype)
    sums.index_add_(0, labels, pictures)
    counts = torch.bincount(labels, minlength=classes)
    return sums / counts.clamp(min=1)[:, None, None]


# %% right="mean_pictures: the mean of a mask for each class, zeros where it is empty"
def mean_pictures(pictures, labels, classes):
    result = torch.zeros((classes, *pictures.shape[1:]), dtype=pictures.dtype)
    for label in range(classes):
        mine = pictures[labels == label]
        if len(mine):
            result[label] = mine.mean(dim=0)
    return result


# %% wrong="mean_pictures: keeps the last picture of each class; breaks: adds up the pictures of each class, seen with two pictures of one class"
def mean_pictures(pictures, labels, classes):
    sums = [torch.zeros_like(pictures[0])] * classes
    counts = torch.bincount(labels, minlength=classes)
    for picture, label in zip(pictures, labels.tolist()):
        sums[label] = picture
    return torch.stack(sums) / counts.clamp(min=1)[:, None, None]


# %% wrong="mean_pictures: adds by index, so that a repeated label counts once; breaks: adds up the pictures of each class, seen with two pictures of one class"
def mean_pictures(pictures, labels, classes):
    sums = torch.zeros(classes, *pictures.shape[1:], dtype=pictures.dtype)
    sums[labels] += pictures
    counts = torch.bincount(labels, minlength=classes)
    return sums / counts.clamp(min=1)[:, None, None]


# %% wrong="mean_pictures: the mean of an empty mask is nan; breaks: A class without pictures keeps a mean of 0"
def mean_pictures(pictures, labels, classes):
    return torch.stack([pictures[labels == label].mean(dim=0) for label in range(classes)])


# %% wrong="mean_pictures: starts with the first picture itself and adds to it; breaks: it leaves its inputs unchanged, seen with two pictures of one class"
def mean_pictures(pictures, labels, classes):
    sums = [None] * classes
    counts = torch.bincount(labels, minlength=classes)
    for picture, label in zip(pictures, labels.tolist()):
        if sums[label] is None:
            sums[label] = picture
        else:
            sums[label] += picture
    sums = [torch.zeros_like(pictures[0]) if total is None else total for total in sums]
    return torch.stack(sums) / counts.clamp(min=1)[:, None, None]


# %% wrong="mean_pictures: one zero picture for each of the first pictures, too few where there are more classes; breaks: (classes, height, width), seen with two pictures and three classes"
def mean_pictures(pictures, labels, classes):
    sums = list(torch.zeros_like(pictures[:classes]))
    counts = torch.bincount(labels, minlength=classes)
    for picture, label in zip(pictures, labels.tolist()):
        sums[label] += picture
    return torch.stack(sums) / counts.clamp(min=1)[:, None, None]


# %% wrong="mean_pictures: believes that every class has equally many pictures; breaks: divides by how many there were, seen with labels 0, 0, 1, 0"
def mean_pictures(pictures, labels, classes):
    sums = [torch.zeros_like(pictures[0]) for _ in range(classes)]
    for picture, label in zip(pictures, labels.tolist()):
        sums[label] += picture
    return torch.stack(sums) / (len(pictures) / classes)


# %% wrong="mean_pictures: counts without minlength; breaks: A class without pictures keeps a mean of 0, seen where the last class has none"
def mean_pictures(pictures, labels, classes):
    sums = [torch.zeros_like(pictures[0]) for _ in range(classes)]
    counts = torch.bincount(labels)
    for picture, label in zip(pictures, labels.tolist()):
        sums[label] += picture
    return torch.stack(sums) / counts.clamp(min=1)[:, None, None]


# %% wrong="mean_pictures: a list of pictures; breaks: it returns one tensor, not a list of its rows"
def mean_pictures(pictures, labels, classes):
    sums = [torch.zeros_like(pictures[0]) for _ in range(classes)]
    counts = torch.bincount(labels, minlength=classes).clamp(min=1).tolist()
    for picture, label in zip(pictures, labels.tolist()):
        sums[label] += picture
    return [total / count for total, count in zip(sums, counts)]


# %% wrong="mean_pictures: the list is copied but still holds one tensor; breaks: the mean picture of each class"
def mean_pictures(pictures, labels, classes):
    sums = list([torch.zeros_like(pictures[0])] * classes).copy()
    counts = torch.bincount(labels, minlength=classes)
    for picture, label in zip(pictures, labels.tolist()):
        sums[label] += picture
    return torch.stack(sums) / counts.clamp(min=1)[:, None, None]
