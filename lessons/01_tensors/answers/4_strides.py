# Answers to the exercises of 4_strides.py, right and wrong: what `course audit` grades. No student sees them.

# %% right="sentences: by matrix products"
def sentences(x, y, a, v):
    return x @ a.T, a @ v, x @ y.T, (x * y).sum(dim=1), a.diagonal().sum(), ((x @ a) * x).sum(dim=1)


# %% right="sentences: other letters"
def sentences(x, y, a, v):
    moved = torch.einsum("pq,nq->np", a, x)
    mapped = torch.einsum("pq,q", a, v)
    alike = torch.einsum("...q,mq->...m", x, y)
    pairs = torch.einsum("nq,nq->n", [x, y])
    forms = torch.einsum("np,np->n", x, moved)
    return moved, mapped, alike, pairs, torch.trace(a), forms


# %% wrong="sentences: columns with columns"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors moved, mapped, alike, pairs, trace and forms, as the text above says."""
    moved = torch.einsum("ij,bj->bi", a, x)
    mapped = a.mv(v)
    alike = torch.einsum("bi,bj->ij", x, y)
    pairs = torch.einsum("bi,bi->b", x, y)
    trace = torch.einsum("ii->", a)
    forms = torch.einsum("bi,ij,bj->b", x, a, x)
    return moved, mapped, alike, pairs, trace, forms


# %% wrong="sentences: alike the other way round"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors moved, mapped, alike, pairs, trace and forms, as the text above says."""
    moved = torch.einsum("ij,bj->bi", a, x)
    mapped = a.mv(v)
    alike = torch.einsum("bi,ci->cb", x, y)
    pairs = torch.einsum("bi,bi->b", x, y)
    trace = torch.einsum("ii->", a)
    forms = torch.einsum("bi,ij,bj->b", x, a, x)
    return moved, mapped, alike, pairs, trace, forms


# %% wrong="sentences: adds up all pairs"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors moved, mapped, alike, pairs, trace and forms, as the text above says."""
    moved = torch.einsum("ij,bj->bi", a, x)
    mapped = a.mv(v)
    alike = torch.einsum("bi,ci->bc", x, y)
    pairs = torch.einsum("bi,bi->", x, y)
    trace = torch.einsum("ii->", a)
    forms = torch.einsum("bi,ij,bj->b", x, a, x)
    return moved, mapped, alike, pairs, trace, forms


# %% wrong="sentences: products that nobody adds up"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors moved, mapped, alike, pairs, trace and forms, as the text above says."""
    moved = torch.einsum("ij,bj->bi", a, x)
    mapped = a.mv(v)
    alike = torch.einsum("bi,ci->bc", x, y)
    pairs = torch.einsum("bi,bi->bi", x, y)
    trace = torch.einsum("ii->", a)
    forms = torch.einsum("bi,ij,bj->b", x, a, x)
    return moved, mapped, alike, pairs, trace, forms


# %% wrong="sentences: the diagonal itself"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors moved, mapped, alike, pairs, trace and forms, as the text above says."""
    moved = torch.einsum("ij,bj->bi", a, x)
    mapped = a.mv(v)
    alike = torch.einsum("bi,ci->bc", x, y)
    pairs = torch.einsum("bi,bi->b", x, y)
    trace = torch.einsum("ii->i", a)
    forms = torch.einsum("bi,ij,bj->b", x, a, x)
    return moved, mapped, alike, pairs, trace, forms


# %% wrong="sentences: the whole matrix"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors moved, mapped, alike, pairs, trace and forms, as the text above says."""
    moved = torch.einsum("ij,bj->bi", a, x)
    mapped = a.mv(v)
    alike = torch.einsum("bi,ci->bc", x, y)
    pairs = torch.einsum("bi,bi->b", x, y)
    trace = torch.einsum("ij->", a)
    forms = torch.einsum("bi,ij,bj->b", x, a, x)
    return moved, mapped, alike, pairs, trace, forms


# %% wrong="sentences: the transposed matrix"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors moved, mapped, alike, pairs, trace and forms, as the text above says."""
    moved = torch.einsum("ij,bj->bi", a, x)
    mapped = a.T.mv(v)
    alike = torch.einsum("bi,ci->bc", x, y)
    pairs = torch.einsum("bi,bi->b", x, y)
    trace = torch.einsum("ii->", a)
    forms = torch.einsum("bi,ij,bj->b", x, a, x)
    return moved, mapped, alike, pairs, trace, forms


# %% wrong="sentences: forms with the diagonal only"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors moved, mapped, alike, pairs, trace and forms, as the text above says."""
    moved = torch.einsum("ij,bj->bi", a, x)
    mapped = a.mv(v)
    alike = torch.einsum("bi,ci->bc", x, y)
    pairs = torch.einsum("bi,bi->b", x, y)
    trace = torch.einsum("ii->", a)
    forms = torch.einsum("bi,ii,bi->b", x, a, x)
    return moved, mapped, alike, pairs, trace, forms


# %% wrong="sentences: forms of every pair"
def sentences(x: torch.Tensor, y: torch.Tensor, a: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors moved, mapped, alike, pairs, trace and forms, as the text above says."""
    moved = torch.einsum("ij,bj->bi", a, x)
    mapped = a.mv(v)
    alike = torch.einsum("bi,ci->bc", x, y)
    pairs = torch.einsum("bi,bi->b", x, y)
    trace = torch.einsum("ii->", a)
    forms = torch.einsum("bi,ij,cj->b", x, a, x)
    return moved, mapped, alike, pairs, trace, forms


# %% right="landscape: by meshgrid"
def landscape(height_at, height, width):
    rows, columns = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    places = torch.stack([rows.flatten(), columns.flatten()], dim=1)
    picture = height_at(places).reshape(height, width)
    return places, picture, picture - picture.mean(dim=1, keepdim=True)


# %% right="landscape: by division"
def landscape(height_at, height, width):
    number = torch.arange(height * width)
    places = torch.stack([number // width, number % width], dim=1)
    picture = height_at(places).view(height, width)
    return places, picture, picture - reduce(picture, "h w -> h ()", "mean")


# %% wrong="landscape: column number first"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The places (height * width, 2), the picture (height, width) of height_at(places), and it without its rows' means."""
    rows = repeat(torch.arange(height), "h -> h w", w=width)
    columns = repeat(torch.arange(width), "w -> h w", h=height)
    places = rearrange(torch.stack([columns, rows]), "two h w -> (h w) two")
    values = height_at(places)
    picture = rearrange(values, "(h w) -> h w", h=height)
    means = reduce(picture, "h w -> h 1", "mean")
    return places, picture, picture - means


# %% wrong="landscape: column by column"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The places (height * width, 2), the picture (height, width) of height_at(places), and it without its rows' means."""
    rows = repeat(torch.arange(height), "h -> h w", w=width)
    columns = repeat(torch.arange(width), "w -> h w", h=height)
    places = rearrange(torch.stack([rows, columns]), "two h w -> (w h) two")
    values = height_at(places)
    picture = rearrange(values, "(h w) -> h w", h=height)
    means = reduce(picture, "h w -> h 1", "mean")
    return places, picture, picture - means


# %% wrong="landscape: read in the other order"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The places (height * width, 2), the picture (height, width) of height_at(places), and it without its rows' means."""
    rows = repeat(torch.arange(height), "h -> h w", w=width)
    columns = repeat(torch.arange(width), "w -> h w", h=height)
    places = rearrange(torch.stack([rows, columns]), "two h w -> (h w) two")
    values = height_at(places)
    picture = rearrange(values, "(w h) -> h w", h=height)
    means = reduce(picture, "h w -> h 1", "mean")
    return places, picture, picture - means


# %% wrong="landscape: the mean of each column"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The places (height * width, 2), the picture (height, width) of height_at(places), and it without its rows' means."""
    rows = repeat(torch.arange(height), "h -> h w", w=width)
    columns = repeat(torch.arange(width), "w -> h w", h=height)
    places = rearrange(torch.stack([rows, columns]), "two h w -> (h w) two")
    values = height_at(places)
    picture = rearrange(values, "(h w) -> h w", h=height)
    means = reduce(picture, "h w -> 1 w", "mean")
    return places, picture, picture - means


# %% wrong="landscape: the mean of everything"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The places (height * width, 2), the picture (height, width) of height_at(places), and it without its rows' means."""
    rows = repeat(torch.arange(height), "h -> h w", w=width)
    columns = repeat(torch.arange(width), "w -> h w", h=height)
    places = rearrange(torch.stack([rows, columns]), "two h w -> (h w) two")
    values = height_at(places)
    picture = rearrange(values, "(h w) -> h w", h=height)
    means = reduce(picture, "h w -> 1 1", "mean")
    return places, picture, picture - means


# %% wrong="landscape: the largest of each row"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The places (height * width, 2), the picture (height, width) of height_at(places), and it without its rows' means."""
    rows = repeat(torch.arange(height), "h -> h w", w=width)
    columns = repeat(torch.arange(width), "w -> h w", h=height)
    places = rearrange(torch.stack([rows, columns]), "two h w -> (h w) two")
    values = height_at(places)
    picture = rearrange(values, "(h w) -> h w", h=height)
    means = reduce(picture, "h w -> h 1", "max")
    return places, picture, picture - means


# %% wrong="landscape: places as two rows"
def landscape(height_at, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The places (height * width, 2), the picture (height, width) of height_at(places.T), and it without its rows' means."""
    rows = repeat(torch.arange(height), "h -> h w", w=width)
    columns = repeat(torch.arange(width), "w -> h w", h=height)
    places = rearrange(torch.stack([rows, columns]), "two h w -> two (h w)")
    values = height_at(places.T)
    picture = rearrange(values, "(h w) -> h w", h=height)
    means = reduce(picture, "h w -> h 1", "mean")
    return places, picture, picture - means


# %% equivalent="landscape: heights and widths are positive numbers, which nothing changes in place"
# spoiler: landscape takes absolute
# spoiler: landscape changes its inputs


# %% right="controls: by axes that broadcast"
def controls(a, b, square, v, w):
    steps = torch.stack([v[:3], v[1:4]])
    trace = square.flatten()[:: len(square) + 1].sum()
    mm = (a[:, :, None] * b).sum(dim=1)
    return a.clone(), steps, trace, (a * v).sum(dim=1), mm, w[:, None] * v


# %% right="controls: with the strides that the tensors have"
def controls(a, b, square, v, w):
    n, m = a.size()
    p = b.size(1)
    steps = v.as_strided((2, 3), (v.stride(0), v.stride(0)))
    trace = square.as_strided([n], [sum(square.stride())]).sum()
    rows = v.as_strided(a.size(), (0, v.stride(0)))
    left = a.as_strided((n, m, p), (*a.stride(), 0))
    right = b.as_strided((n, m, p), (0, *b.stride()))
    return (
        a.as_strided(a.size(), a.stride()),
        steps,
        trace,
        (a * rows).sum(1),
        (left * right).sum(1),
        w.as_strided((n, m), (w.stride(0), 0)) * rows,
    )


# %% wrong="controls: reads a down its columns"
def controls(a, b, square, v, w) -> tuple[torch.Tensor, ...]:
    """The tensors again, steps, trace, mv, mm and outer, as the text above says."""
    (n, m), p = a.shape, b.shape[1]
    again = torch.as_strided(a, (n, m), (1, n))
    steps = torch.as_strided(v, (2, 3), (1, 1))
    trace = torch.as_strided(square, (n,), (n + 1,)).sum()
    mv = (a * torch.as_strided(v, (n, m), (0, 1))).sum(dim=1)
    left = torch.as_strided(a, (n, m, p), (m, 1, 0))
    right = torch.as_strided(b, (n, m, p), (0, p, 1))
    mm = (left * right).sum(dim=1)
    outer = torch.as_strided(w, (n, m), (1, 0)) * torch.as_strided(v, (n, m), (0, 1))
    return again, steps, trace, mv, mm, outer


# %% wrong="controls: rows that do not overlap"
def controls(a, b, square, v, w) -> tuple[torch.Tensor, ...]:
    """The tensors again, steps, trace, mv, mm and outer, as the text above says."""
    (n, m), p = a.shape, b.shape[1]
    again = torch.as_strided(a, (n, m), (m, 1))
    steps = torch.as_strided(v, (2, 3), (2, 1))
    trace = torch.as_strided(square, (n,), (n + 1,)).sum()
    mv = (a * torch.as_strided(v, (n, m), (0, 1))).sum(dim=1)
    left = torch.as_strided(a, (n, m, p), (m, 1, 0))
    right = torch.as_strided(b, (n, m, p), (0, p, 1))
    mm = (left * right).sum(dim=1)
    outer = torch.as_strided(w, (n, m), (1, 0)) * torch.as_strided(v, (n, m), (0, 1))
    return again, steps, trace, mv, mm, outer


# %% wrong="controls: the first column for the diagonal"
def controls(a, b, square, v, w) -> tuple[torch.Tensor, ...]:
    """The tensors again, steps, trace, mv, mm and outer, as the text above says."""
    (n, m), p = a.shape, b.shape[1]
    again = torch.as_strided(a, (n, m), (m, 1))
    steps = torch.as_strided(v, (2, 3), (1, 1))
    trace = torch.as_strided(square, (n,), (n,)).sum()
    mv = (a * torch.as_strided(v, (n, m), (0, 1))).sum(dim=1)
    left = torch.as_strided(a, (n, m, p), (m, 1, 0))
    right = torch.as_strided(b, (n, m, p), (0, p, 1))
    mm = (left * right).sum(dim=1)
    outer = torch.as_strided(w, (n, m), (1, 0)) * torch.as_strided(v, (n, m), (0, 1))
    return again, steps, trace, mv, mm, outer


# %% wrong="controls: the first row for the diagonal"
def controls(a, b, square, v, w) -> tuple[torch.Tensor, ...]:
    """The tensors again, steps, trace, mv, mm and outer, as the text above says."""
    (n, m), p = a.shape, b.shape[1]
    again = torch.as_strided(a, (n, m), (m, 1))
    steps = torch.as_strided(v, (2, 3), (1, 1))
    trace = torch.as_strided(square, (n,), (1,)).sum()
    mv = (a * torch.as_strided(v, (n, m), (0, 1))).sum(dim=1)
    left = torch.as_strided(a, (n, m, p), (m, 1, 0))
    right = torch.as_strided(b, (n, m, p), (0, p, 1))
    mm = (left * right).sum(dim=1)
    outer = torch.as_strided(w, (n, m), (1, 0)) * torch.as_strided(v, (n, m), (0, 1))
    return again, steps, trace, mv, mm, outer


# %% wrong="controls: repeats v the wrong way"
def controls(a, b, square, v, w) -> tuple[torch.Tensor, ...]:
    """The tensors again, steps, trace, mv, mm and outer, as the text above says."""
    (n, m), p = a.shape, b.shape[1]
    again = torch.as_strided(a, (n, m), (m, 1))
    steps = torch.as_strided(v, (2, 3), (1, 1))
    trace = torch.as_strided(square, (n,), (n + 1,)).sum()
    mv = (a * torch.as_strided(v, (n, m), (0, 0))).sum(dim=1)
    left = torch.as_strided(a, (n, m, p), (m, 1, 0))
    right = torch.as_strided(b, (n, m, p), (0, p, 1))
    mm = (left * right).sum(dim=1)
    outer = torch.as_strided(w, (n, m), (1, 0)) * torch.as_strided(v, (n, m), (0, 1))
    return again, steps, trace, mv, mm, outer


# %% wrong="controls: outer product transposed in its numbers"
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
    outer = torch.as_strided(w, (n, m), (0, 0)) * torch.as_strided(v, (n, m), (0, 1))
    return again, steps, trace, mv, mm, outer


# %% wrong="controls: b with the strides of a"
def controls(a, b, square, v, w) -> tuple[torch.Tensor, ...]:
    """The tensors again, steps, trace, mv, mm and outer, as the text above says."""
    (n, m), p = a.shape, b.shape[1]
    again = torch.as_strided(a, (n, m), (m, 1))
    steps = torch.as_strided(v, (2, 3), (1, 1))
    trace = torch.as_strided(square, (n,), (n + 1,)).sum()
    mv = (a * torch.as_strided(v, (n, m), (0, 1))).sum(dim=1)
    left = torch.as_strided(a, (n, m, p), (m, 1, 0))
    right = torch.as_strided(torch.cat([b.flatten(), b.new_zeros(m * m)]), (n, m, p), (0, m, 1))
    mm = (left * right).sum(dim=1)
    outer = torch.as_strided(w, (n, m), (1, 0)) * torch.as_strided(v, (n, m), (0, 1))
    return again, steps, trace, mv, mm, outer


# %% wrong="controls: by the functions of these names"
def controls(a, b, square, v, w) -> tuple[torch.Tensor, ...]:
    """The tensors again, steps, trace, mv, mm and outer, as the text above says."""
    (n, m), p = a.shape, b.shape[1]
    again = torch.as_strided(a, (n, m), (m, 1))
    steps = torch.as_strided(v, (2, 3), (1, 1))
    trace = torch.as_strided(square, (n,), (n + 1,)).sum()
    mv = (a * torch.as_strided(v, (n, m), (0, 1))).sum(dim=1)
    left = torch.as_strided(a, (n, m, p), (m, 1, 0))
    right = torch.as_strided(b, (n, m, p), (0, p, 1))
    mm = a.mm(b)
    outer = torch.as_strided(w, (n, m), (1, 0)) * torch.as_strided(v, (n, m), (0, 1))
    return again, steps, trace, mv, mm, outer


# %% wrong="controls: adds up the wrong axis"
def controls(a, b, square, v, w) -> tuple[torch.Tensor, ...]:
    """The tensors again, steps, trace, mv, mm and outer, as the text above says."""
    (n, m), p = a.shape, b.shape[1]
    again = torch.as_strided(a, (n, m), (m, 1))
    steps = torch.as_strided(v, (2, 3), (1, 1))
    trace = torch.as_strided(square, (n,), (n + 1,)).sum()
    mv = (a * torch.as_strided(v, (n, m), (0, 1))).sum(dim=1)
    left = torch.as_strided(a, (n, m, p), (m, 1, 0))
    right = torch.as_strided(b, (n, m, p), (0, p, 1))
    mm = (left * right).sum(dim=2)
    outer = torch.as_strided(w, (n, m), (1, 0)) * torch.as_strided(v, (n, m), (0, 1))
    return again, steps, trace, mv, mm, outer


# %% right="blur: adds shifted pictures"
def blur(picture, size):
    height, width = picture.shape[0] - size + 1, picture.shape[1] - size + 1
    total = 0
    for row in range(size):
        for column in range(size):
            total = total + picture[row : row + height, column : column + width]
    return total / size**2


# %% right="blur: strided on a contiguous copy"
def blur(picture, size):
    picture = picture.contiguous()
    height, width = picture.shape
    shape = (height - size + 1, width - size + 1, size, size)
    windows = torch.as_strided(picture, shape, (width, 1, width, 1))
    return windows.sum(dim=(-1, -2)) / (size * size)


# %% right="blur: rows first, then columns"
def along(picture, size):
    return sum(picture[start : len(picture) - size + 1 + start] for start in range(size)) / size


def blur(picture, size):
    return along(along(picture, size).T, size).T


# %% wrong="blur: strides as if it were contiguous"
def blur(picture: torch.Tensor, size: int) -> torch.Tensor:
    """The mean of every size x size window of a picture: (height, width) in, (height - size + 1, width - size + 1) out."""
    down, across = picture.shape[1], 1
    height, width = picture.shape
    shape = (height - size + 1, width - size + 1, size, size)
    return picture.as_strided(shape, (down, across, down, across)).mean(dim=(2, 3))


# %% wrong="blur: one window too few"
def blur(picture: torch.Tensor, size: int) -> torch.Tensor:
    """The mean of every size x size window of a picture: (height, width) in, (height - size, width - size) out."""
    down, across = picture.stride()
    height, width = picture.shape
    shape = (height - size, width - size, size, size)
    return picture.as_strided(shape, (down, across, down, across)).mean(dim=(2, 3))


# %% wrong="blur: windows side by side"
def blur(picture, size):
    height, width = picture.shape[0] - size + 1, picture.shape[1] - size + 1
    down, across = picture.stride()
    windows = picture.contiguous().as_strided((height, width, size, size), (down, across, 0, across))
    return windows.mean(dim=(2, 3))


# %% wrong="blur: sums"
def blur(picture: torch.Tensor, size: int) -> torch.Tensor:
    """The mean of every size x size window of a picture: (height, width) in, (height - size + 1, width - size + 1) out."""
    down, across = picture.stride()
    height, width = picture.shape
    shape = (height - size + 1, width - size + 1, size, size)
    return picture.as_strided(shape, (down, across, down, across)).sum(dim=(2, 3))


# %% wrong="blur: divides by nine"
def blur(picture: torch.Tensor, size: int) -> torch.Tensor:
    """The mean of every size x size window of a picture: (height, width) in, (height - size + 1, width - size + 1) out."""
    down, across = picture.stride()
    height, width = picture.shape
    shape = (height - size + 1, width - size + 1, size, size)
    return picture.as_strided(shape, (down, across, down, across)).sum(dim=(2, 3)) / 9


# %% wrong="blur: the median of the window"
def blur(picture: torch.Tensor, size: int) -> torch.Tensor:
    """The mean of every size x size window of a picture: (height, width) in, (height - size + 1, width - size + 1) out."""
    down, across = picture.stride()
    height, width = picture.shape
    shape = (height - size + 1, width - size + 1, size, size)
    return picture.as_strided(shape, (down, across, down, across)).flatten(2).median(dim=2).values


# %% wrong="blur: height and width exchanged"
def blur(picture: torch.Tensor, size: int) -> torch.Tensor:
    """The mean of every size x size window of a picture: (height, width) in, (height - size + 1, width - size + 1) out."""
    down, across = picture.stride()
    height, width = picture.shape
    shape = (width - size + 1, height - size + 1, size, size)
    return picture.as_strided(shape, (down, across, down, across)).mean(dim=(2, 3))


# %% wrong="blur: ready-made pooling"
def blur(picture, size):
    return torch.nn.functional.avg_pool2d(picture[None, None], size, stride=1)[0, 0]


# %% wrong="blur: ready-made windows"
def blur(picture, size):
    return picture.unfold(0, size, 1).unfold(1, size, 1).mean(dim=(2, 3))


# %% wrong="blur: without gradients"
def blur(picture: torch.Tensor, size: int) -> torch.Tensor:
    """The mean of every size x size window of a picture: (height, width) in, (height - size + 1, width - size + 1) out."""
    down, across = picture.stride()
    height, width = picture.shape
    shape = (height - size + 1, width - size + 1, size, size)
    return picture.detach().as_strided(shape, (down, across, down, across)).mean(dim=(2, 3))


# %% wrong="blur: the main diagonal of each window"
def blur(picture: torch.Tensor, size: int) -> torch.Tensor:
    """The mean of every size x size window of a picture: (height, width) in, (height - size + 1, width - size + 1) out."""
    down, across = picture.stride()
    height, width = picture.shape
    shape = (height - size + 1, width - size + 1, size, size)
    return picture.as_strided(shape, (down, across, down, across)).diagonal(dim1=2, dim2=3).mean(dim=2)


# %% equivalent="blur: the order of the two axes of a window does not matter"
# - return picture.as_strided(shape, (down, across, down, across)).mean(dim=(2, 3))
# + return picture.as_strided(shape, (down, across, down, across)).mean(dim=(3, 2))
