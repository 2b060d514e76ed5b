# Answers to the exercises of 1_shapes.py, right and wrong: what `course audit` grades. No student sees them.

# %% right="ask_and_make: by other methods"
def facts(x):
    return tuple(x.size()), str(x.dtype), x.device.type, len(x), x.nelement(), x.nbytes


def make(height, width):
    paper = torch.zeros((height, width))
    ink = paper + 1
    grey = torch.as_tensor(np.full([height, width], 0.5))
    noise = torch.empty((height, width)).uniform_(-1.0, 1.0)
    coins = torch.randint(2, (height,), dtype=torch.float32)
    return paper, ink, grey, noise, coins


# %% right="ask_and_make: by products and chance"
def facts(x):
    numbers = 1
    for length in x.shape:
        numbers *= length
    return tuple(x.shape), f"{x.dtype}", str(x.device).split(":")[0], x.shape[0], numbers, numbers * x.dtype.itemsize


def make(height, width):
    grey = torch.tensor(np.full((height, width), 0.5))
    noise = 2 * torch.rand(height, width) - 1
    coins = (torch.rand(height) < 0.5).float()
    return torch.zeros(height, width), torch.ones(height, width), grey, noise, coins


# %% wrong="ask_and_make: the size of the last axis for the rows"
def facts(x: torch.Tensor) -> tuple:
    """The shape as a tuple, the dtype's name, the device's kind, how many rows, how many numbers, how many bytes."""
    kind = str(x.dtype)
    where = x.device.type
    rows = x.size(-1)
    numbers = x.numel()
    return tuple(x.shape), kind, where, rows, numbers, numbers * x.element_size()


def make(height: int, width: int) -> tuple[torch.Tensor, ...]:
    """Paper, ink, grey, noise and coins, as the text above says."""
    paper, ink = torch.zeros(height, width), torch.ones(height, width)
    grey = torch.from_numpy(np.full((height, width), 0.5))
    noise = torch.empty(height, width).uniform_(-1, 1)
    coins = torch.randint(0, 2, (height,)).float()
    return paper, ink, grey, noise, coins


# %% wrong="ask_and_make: bytes as if all were float32"
def facts(x: torch.Tensor) -> tuple:
    """The shape as a tuple, the dtype's name, the device's kind, how many rows, how many numbers, how many bytes."""
    kind = str(x.dtype)
    where = x.device.type
    rows = x.size(0)
    numbers = x.numel()
    return tuple(x.shape), kind, where, rows, numbers, numbers * 4


def make(height: int, width: int) -> tuple[torch.Tensor, ...]:
    """Paper, ink, grey, noise and coins, as the text above says."""
    paper, ink = torch.zeros(height, width), torch.ones(height, width)
    grey = torch.from_numpy(np.full((height, width), 0.5))
    noise = torch.empty(height, width).uniform_(-1, 1)
    coins = torch.randint(0, 2, (height,)).float()
    return paper, ink, grey, noise, coins


# %% wrong="ask_and_make: rows for numbers"
def facts(x: torch.Tensor) -> tuple:
    """The shape as a tuple, the dtype's name, the device's kind, how many rows, how many numbers, how many bytes."""
    kind = str(x.dtype)
    where = x.device.type
    rows = x.size(0)
    numbers = len(x)
    return tuple(x.shape), kind, where, rows, numbers, numbers * x.element_size()


def make(height: int, width: int) -> tuple[torch.Tensor, ...]:
    """Paper, ink, grey, noise and coins, as the text above says."""
    paper, ink = torch.zeros(height, width), torch.ones(height, width)
    grey = torch.from_numpy(np.full((height, width), 0.5))
    noise = torch.empty(height, width).uniform_(-1, 1)
    coins = torch.randint(0, 2, (height,)).float()
    return paper, ink, grey, noise, coins


# %% wrong="ask_and_make: noise from 0 to 1"
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
    noise = torch.rand(height, width)
    coins = torch.randint(0, 2, (height,)).float()
    return paper, ink, grey, noise, coins


# %% wrong="ask_and_make: randint as if it returned its upper end"
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


# %% wrong="ask_and_make: coins of three sides"
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


# %% wrong="ask_and_make: coins as whole numbers"
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
    coins = torch.randint(0, 2, (height,))
    return paper, ink, grey, noise, coins


# %% wrong="ask_and_make: the same noise at every call"
def facts(x: torch.Tensor) -> tuple:
    """The shape as a tuple, the dtype's name, the device's kind, how many rows, how many numbers, how many bytes."""
    kind = str(x.dtype)
    where = x.device.type
    rows = x.size(0)
    numbers = x.numel()
    return tuple(x.shape), kind, where, rows, numbers, numbers * x.element_size()


def make(height: int, width: int) -> tuple[torch.Tensor, ...]:
    """Paper, ink, grey, noise and coins, as the text above says."""
    torch.manual_seed(0)
    paper, ink = torch.zeros(height, width), torch.ones(height, width)
    grey = torch.from_numpy(np.full((height, width), 0.5))
    noise = torch.empty(height, width).uniform_(-1, 1)
    coins = torch.randint(0, 2, (height,)).float()
    return paper, ink, grey, noise, coins


# %% wrong="ask_and_make: normal noise"
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
    noise = torch.empty(height, width).normal_(0, 0.5)
    coins = torch.randint(0, 2, (height,)).float()
    return paper, ink, grey, noise, coins


# %% equivalent="ask_and_make: a shape, a name and a count have no sign and are no row of results"
# spoiler: facts returns absolute
# spoiler: facts takes absolute
# spoiler: facts keeps first and last
# spoiler: make takes absolute


# %% equivalent="ask_and_make: heights and widths are whole numbers, which nothing changes in place"
# spoiler: make changes its inputs


# %% equivalent="ask_and_make: the text asks for coins of float32"
# keeper: returns float64


# %% equivalent="ask_and_make: uniform_ ends at 1 unless told otherwise"
# - noise = torch.empty(height, width).uniform_(-1, 1)
# + noise = torch.empty(height, width).uniform_(-1)


# %% right="window: by clamped places and a mask"
def window(picture, top, left, height, width):
    rows, columns = torch.arange(top, top + height), torch.arange(left, left + width)
    inside_rows = (rows >= 0) & (rows < picture.shape[0])
    inside_columns = (columns >= 0) & (columns < picture.shape[1])
    seen = picture[rows.clamp(0, picture.shape[0] - 1)][:, columns.clamp(0, picture.shape[1] - 1)]
    return torch.where(inside_rows[:, None] & inside_columns, seen, torch.zeros_like(seen))


# %% right="window: on a large sheet of paper"
def window(picture, top, left, height, width):
    sheet = picture.new_zeros(picture.shape[0] + 2 * height, picture.shape[1] + 2 * width)
    sheet[height : height + picture.shape[0], width : width + picture.shape[1]] = picture
    top = min(max(top, -height), picture.shape[0]) + height
    left = min(max(left, -width), picture.shape[1]) + width
    return sheet[top : top + height, left : left + width]


# %% right="window: pixel by pixel"
def window(picture, top, left, height, width):
    seen = torch.zeros(height, width, dtype=picture.dtype)
    for row in range(height):
        for column in range(width):
            if 0 <= top + row < picture.shape[0] and 0 <= left + column < picture.shape[1]:
                seen[row, column] = picture[top + row, left + column]
    return seen


# %% wrong="window: a plain slice"
def window(picture, top, left, height, width):
    return picture[top : top + height, left : left + width]


# %% wrong="window: what is there, in the upper left corner"
def window(picture, top, left, height, width):
    seen = picture.new_zeros(height, width)
    part = picture[max(top, 0) : max(top + height, 0), max(left, 0) : max(left + width, 0)]
    seen[: part.shape[0], : part.shape[1]] = part
    return seen


# %% wrong="window: repeats the pixels at the edge"
def window(picture, top, left, height, width):
    rows = torch.arange(top, top + height).clamp(0, picture.shape[0] - 1)
    columns = torch.arange(left, left + width).clamp(0, picture.shape[1] - 1)
    return picture[rows][:, columns]


# %% wrong="window: comes in again on the other side"
def window(picture, top, left, height, width):
    rows = torch.arange(top, top + height) % picture.shape[0]
    columns = torch.arange(left, left + width) % picture.shape[1]
    return picture[rows][:, columns]


# %% wrong="window: padding that must overlap"
def window(picture, top, left, height, width):
    bottom, right = top + height - picture.shape[0], left + width - picture.shape[1]
    return torch.nn.functional.pad(picture, (-left, right, -top, bottom))


# %% wrong="window: always float32"
def window(picture: torch.Tensor, top: int, left: int, height: int, width: int) -> torch.Tensor:
    """What a window (height, width) at (top, left) shows of a picture; paper (0) where there is no picture."""
    seen = torch.zeros(height, width)
    first_row, last_row = max(top, 0), min(top + height, picture.shape[0])
    first_column, last_column = max(left, 0), min(left + width, picture.shape[1])
    if first_row < last_row and first_column < last_column:
        rows, columns = slice(first_row, last_row), slice(first_column, last_column)
        seen[first_row - top : last_row - top, first_column - left : last_column - left] = picture[rows, columns]
    return seen


# %% wrong="window: blanks the picture behind it"
def window(picture: torch.Tensor, top: int, left: int, height: int, width: int) -> torch.Tensor:
    """What a window (height, width) at (top, left) shows of a picture; paper (0) where there is no picture."""
    seen = picture.new_zeros(height, width)
    first_row, last_row = max(top, 0), min(top + height, picture.shape[0])
    first_column, last_column = max(left, 0), min(left + width, picture.shape[1])
    if first_row < last_row and first_column < last_column:
        rows, columns = slice(first_row, last_row), slice(first_column, last_column)
        seen[first_row - top : last_row - top, first_column - left : last_column - left] = picture[rows, columns]
    picture[picture < 0] = 0
    return seen


# %% wrong="window: rows and columns exchanged"
def window(picture: torch.Tensor, top: int, left: int, height: int, width: int) -> torch.Tensor:
    """What a window (height, width) at (top, left) shows of a picture; paper (0) where there is no picture."""
    seen = picture.new_zeros(height, width)
    first_row, last_row = max(top, 0), min(top + height, picture.shape[1])
    first_column, last_column = max(left, 0), min(left + width, picture.shape[0])
    if first_row < last_row and first_column < last_column:
        rows, columns = slice(first_row, last_row), slice(first_column, last_column)
        seen[first_row - top : last_row - top, first_column - left : last_column - left] = picture[rows, columns]
    return seen


# %% equivalent="window: the larger and the smaller of two numbers do not depend on their order"
# - first_row, last_row = (max(top, 0), min(top + height, picture.shape[0]))
# + first_row, last_row = (max(0, top), min(top + height, picture.shape[0]))


# %% equivalent="window: the larger and the smaller of two numbers do not depend on their order, case 2"
# - first_row, last_row = (max(top, 0), min(top + height, picture.shape[0]))
# + first_row, last_row = (max(top, 0), min(picture.shape[0], top + height))


# %% equivalent="window: the larger and the smaller of two numbers do not depend on their order, case 3"
# - first_column, last_column = (max(left, 0), min(left + width, picture.shape[1]))
# + first_column, last_column = (max(0, left), min(left + width, picture.shape[1]))


# %% equivalent="window: the larger and the smaller of two numbers do not depend on their order, case 4"
# - first_column, last_column = (max(left, 0), min(left + width, picture.shape[1]))
# + first_column, last_column = (max(left, 0), min(picture.shape[1], left + width))


# %% equivalent="window: where nothing is seen an empty part is copied"
# - if first_row < last_row and first_column < last_column:
# + if first_row <= last_row and first_column < last_column:


# %% equivalent="window: where nothing is seen an empty part is copied, case 2"
# - if first_row < last_row and first_column < last_column:
# + if first_row < last_row and first_column <= last_column:


# %% right="stamp: assigned to a slice"
def stamp(sheet, picture, top, left):
    rows, columns = slice(top, top + picture.shape[0]), slice(left, left + picture.shape[1])
    sheet[rows, columns] = torch.max(sheet[rows, columns], picture)


# %% right="stamp: with out"
def stamp(sheet, picture, top, left):
    place = sheet.narrow(0, top, len(picture)).narrow(1, left, len(picture[0]))
    torch.maximum(place, picture, out=place)


# %% right="stamp: pixel by pixel"
def stamp(sheet, picture, top, left):
    for row in range(picture.shape[0]):
        for column in range(picture.shape[1]):
            if picture[row, column] > sheet[top + row, left + column]:
                sheet[top + row, left + column] = picture[row, column]


# %% wrong="stamp: a new name for a new sheet"
def stamp(sheet: torch.Tensor, picture: torch.Tensor, top: int, left: int) -> None:
    """Print a picture (height, width) onto the sheet, in place; the darker ink of the two stays."""
    height, width = picture.shape
    place = sheet[top : top + height, left : left + width]
    place = torch.maximum(place, picture)


# %% wrong="stamp: covers the ink that was there"
def stamp(sheet: torch.Tensor, picture: torch.Tensor, top: int, left: int) -> None:
    """Print a picture (height, width) onto the sheet, in place; the darker ink of the two stays."""
    height, width = picture.shape
    place = sheet[top : top + height, left : left + width]
    place.copy_(picture)


# %% wrong="stamp: adds the ink"
def stamp(sheet: torch.Tensor, picture: torch.Tensor, top: int, left: int) -> None:
    """Print a picture (height, width) onto the sheet, in place; the darker ink of the two stays."""
    height, width = picture.shape
    place = sheet[top : top + height, left : left + width]
    place += picture


# %% wrong="stamp: adds the ink, at most 1"
def stamp(sheet: torch.Tensor, picture: torch.Tensor, top: int, left: int) -> None:
    """Print a picture (height, width) onto the sheet, in place; the darker ink of the two stays."""
    height, width = picture.shape
    place = sheet[top : top + height, left : left + width]
    place.add_(picture).clamp_(max=1)


# %% wrong="stamp: works on a clone and returns it"
def stamp(sheet, picture, top, left):
    sheet = sheet.clone()
    height, width = picture.shape
    place = sheet[top : top + height, left : left + width]
    place.copy_(torch.maximum(place, picture))
    return sheet


# %% wrong="stamp: changes the picture too"
def stamp(sheet: torch.Tensor, picture: torch.Tensor, top: int, left: int) -> None:
    """Print a picture (height, width) onto the sheet, in place; the darker ink of the two stays."""
    height, width = picture.shape
    place = sheet[top : top + height, left : left + width]
    place.copy_(torch.maximum(place, picture))
    picture.copy_(place)


# %% wrong="stamp: covers where the picture has ink"
def stamp(sheet: torch.Tensor, picture: torch.Tensor, top: int, left: int) -> None:
    """Print a picture (height, width) onto the sheet, in place; the darker ink of the two stays."""
    height, width = picture.shape
    place = sheet[top : top + height, left : left + width]
    place[picture > 0] = picture[picture > 0]


# %% wrong="stamp: the lighter ink stays"
def stamp(sheet: torch.Tensor, picture: torch.Tensor, top: int, left: int) -> None:
    """Print a picture (height, width) onto the sheet, in place; the darker ink of the two stays."""
    height, width = picture.shape
    place = sheet[top : top + height, left : left + width]
    place.copy_(torch.minimum(place, picture))


# %% wrong="stamp: top and left exchanged"
def stamp(sheet: torch.Tensor, picture: torch.Tensor, top: int, left: int) -> None:
    """Print a picture (height, width) onto the sheet, in place; the darker ink of the two stays."""
    height, width = picture.shape
    place = sheet[left : left + height, top : top + width]
    place.copy_(torch.maximum(place, picture))


# %% equivalent="stamp: the larger of two numbers does not depend on their order"
# - place.copy_(torch.maximum(place, picture))
# + place.copy_(torch.maximum(picture, place))


# %% equivalent="stamp: it returns nothing"
# spoiler: stamp keeps first and last
# spoiler: stamp returns absolute
