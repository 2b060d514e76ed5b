# Answers to the exercises of 5_pipeline.py, right and wrong: what `course audit` grades. No student sees them.

# %% right="drawings: by subplots"
def profiles(x, first, second, title, xlabel, ylabel):
    figure, (left, right) = plt.subplots(1, 2, sharey=True)
    left.plot(x, first)
    right.plot(x, second)
    left.set(title=title, xlabel=xlabel, ylabel=ylabel)
    return figure


def gallery(pictures, titles, rows, columns):
    figure = plt.figure()
    for place in range(rows * columns):
        axis = figure.add_subplot(rows, columns, place + 1)
        axis.imshow(pictures[place])
        axis.set_title(titles[place])
    return figure


def contours(f, xs, ys):
    across, up = np.meshgrid(xs, ys)
    heights = np.array([[f(x, y) for x in xs] for y in ys])
    figure, axis = plt.subplots()
    axis.contour(across, up, heights, levels=12)
    return figure


def fitted(layer, x):
    weight, bias = float(layer.weight), float(layer.bias)
    figure, axis = plt.subplots()
    axis.plot(x.numpy(), weight * x.numpy() + bias)
    axis.set_title("y = {:.2f} x {} {:.2f}".format(weight, "−" if bias < 0 else "+", abs(bias)))
    return figure


# %% right="drawings: with no_grad and a grid of axes"
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
    heights = np.vectorize(f)(xs[None], ys[:, None])
    figure = plt.figure(figsize=(3, 3))
    figure.add_subplot().contour(across, up, heights)
    return figure


def fitted(layer, x):
    """The line of a layer nn.Linear(1, 1) over x, with its formula as title."""
    slope, shift = layer.weight[0, 0].tolist(), layer.bias[0].tolist()
    with torch.no_grad():
        y = layer(x[:, None])[:, 0].numpy()
    figure = plt.figure(figsize=(4, 2))
    axis = figure.add_subplot()
    axis.plot(x.numpy(), y)
    sign = "−" if shift < 0 else "+"
    steep, high = format(slope, ".2f"), format(abs(shift), ".2f")
    axis.set_title(f"y = {steep} x {sign} {high}")
    return figure


# %% wrong="drawings: both curves on the left"
def profiles(x, first, second, title, xlabel, ylabel):
    """Two curves side by side, with one vertical scale."""
    figure = plt.figure(figsize=(6, 2))
    left = figure.add_subplot(1, 2, 1)
    right = figure.add_subplot(1, 2, 2, sharey=left)
    left.plot(x, first)
    left.plot(x, second)
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
    steep, high = format(slope, ".2f"), format(abs(shift), ".2f")
    axis.set_title(f"y = {steep} x {sign} {high}")
    return figure


# %% wrong="drawings: one above the other"
def profiles(x, first, second, title, xlabel, ylabel):
    """Two curves side by side, with one vertical scale."""
    figure = plt.figure(figsize=(6, 2))
    left = figure.add_subplot(2, 1, 1)
    right = figure.add_subplot(2, 1, 2, sharey=left)
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
    steep, high = format(slope, ".2f"), format(abs(shift), ".2f")
    axis.set_title(f"y = {steep} x {sign} {high}")
    return figure


# %% wrong="drawings: scales of their own"
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


# %% wrong="drawings: shares x in place of y"
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


# %% wrong="drawings: labels exchanged"
def profiles(x, first, second, title, xlabel, ylabel):
    """Two curves side by side, with one vertical scale."""
    figure = plt.figure(figsize=(6, 2))
    left = figure.add_subplot(1, 2, 1)
    right = figure.add_subplot(1, 2, 2, sharey=left)
    left.plot(x, first)
    right.plot(x, second)
    left.set_title(title)
    left.set_xlabel(ylabel)
    left.set_ylabel(xlabel)
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


# %% wrong="drawings: columns before rows"
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
    for place, (column, row) in enumerate(grid):
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


# %% wrong="drawings: x and y of the hill exchanged"
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
    heights = np.vectorize(f)(up, across)
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


# %% wrong="drawings: filled contours"
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


# %% wrong="drawings: three decimals"
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
    steep, high = format(slope, ".3f"), format(abs(shift), ".2f")
    axis.set_title(f"y = {steep} x {sign} {high}")
    return figure


# %% wrong="drawings: forgets the bias"
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
    y = slope * x.numpy()
    figure = plt.figure(figsize=(4, 2))
    axis = figure.add_subplot()
    axis.plot(x.numpy(), y)
    sign = "−" if shift < 0 else "+"
    steep, high = format(slope, ".2f"), format(abs(shift), ".2f")
    axis.set_title(f"y = {steep} x {sign} {high}")
    return figure


# %% wrong="drawings: the title on the right"
def profiles(x, first, second, title, xlabel, ylabel):
    """Two curves side by side, with one vertical scale."""
    figure = plt.figure(figsize=(6, 2))
    left = figure.add_subplot(1, 2, 1)
    right = figure.add_subplot(1, 2, 2, sharey=left)
    left.plot(x, first)
    right.plot(x, second)
    right.set_title(title)
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


# %% equivalent="drawings: the size of the paper is a matter of taste"
# - figure = plt.figure(figsize=(6, 2))
# + figure = plt.figure(figsize=(2, 6))


# %% equivalent="drawings: the size of the paper is a matter of taste, case 2"
# - figure = plt.figure(figsize=(6, 2))
# + figure = plt.figure(figsize=(7, 2))


# %% equivalent="drawings: the size of the paper is a matter of taste, case 3"
# - figure = plt.figure(figsize=(6, 2))
# + figure = plt.figure(figsize=(5, 2))


# %% equivalent="drawings: the size of the paper is a matter of taste, case 4"
# - figure = plt.figure(figsize=(6, 2))
# + figure = plt.figure(figsize=(6, 3))


# %% equivalent="drawings: the size of the paper is a matter of taste, case 5"
# - figure = plt.figure(figsize=(6, 2))
# + figure = plt.figure(figsize=(6, 1))


# %% equivalent="drawings: a column is drawn as one curve, too"
# - y = layer(x.unsqueeze(1)).squeeze(1).detach().numpy()
# + y = layer(x.unsqueeze(1)).squeeze(0).detach().numpy()


# %% equivalent="drawings: a figure has no sign and is no row of results"
# spoiler: profiles keeps first and last
# spoiler: profiles returns absolute
# spoiler: gallery keeps first and last
# spoiler: gallery returns absolute
# spoiler: contours keeps first and last
# spoiler: contours returns absolute
# spoiler: fitted keeps first and last
# spoiler: fitted returns absolute


# %% right="mean_pictures: class by class"
def mean_pictures(pictures, labels, classes):
    found = []
    for label in range(classes):
        own = pictures[labels == label]
        found.append(own.mean(dim=0) if len(own) else torch.zeros_like(pictures[0]))
    return torch.stack(found)


# %% right="mean_pictures: sums that are not in place"
def mean_pictures(pictures: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    """The mean picture of each class, (classes, height, width); 0 for a class without pictures."""
    sums = [torch.zeros_like(pictures[0])] * classes
    counts = torch.bincount(labels, minlength=classes)
    for picture, label in zip(pictures, labels.tolist(), strict=True):
        sums[label] = sums[label] + picture
    return torch.stack(sums) / counts.clamp(min=1)[:, None, None]


# %% right="mean_pictures: one tensor of sums"
def mean_pictures(pictures, labels, classes):
    sums = torch.zeros(classes, *pictures.shape[1:]).index_add_(0, labels, pictures)
    counts = torch.bincount(labels, minlength=classes)
    return sums / counts.clamp(min=1).reshape(-1, 1, 1)


# %% wrong="mean_pictures: as it was given"
def mean_pictures(pictures: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    """The mean picture of each class, (classes, height, width); 0 for a class without pictures."""
    sums = [torch.zeros_like(pictures[0])] * classes
    counts = torch.bincount(labels, minlength=classes)
    for picture, label in zip(pictures, labels.tolist(), strict=True):
        sums[label] += picture
    return torch.stack(sums) / counts.clamp(min=1)[:, None, None]


# %% wrong="mean_pictures: cloned after the sums"
def mean_pictures(pictures: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    """The mean picture of each class, (classes, height, width); 0 for a class without pictures."""
    sums = [torch.zeros_like(pictures[0])] * classes
    counts = torch.bincount(labels, minlength=classes)
    for picture, label in zip(pictures, labels.tolist(), strict=True):
        sums[label] += picture
    return torch.stack([one.clone() for one in sums]) / counts.clamp(min=1)[:, None, None]


# %% wrong="mean_pictures: sums without counting"
def mean_pictures(pictures: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    """The mean picture of each class, (classes, height, width); 0 for a class without pictures."""
    sums = [torch.zeros_like(pictures[0]) for _ in range(classes)]
    counts = torch.bincount(labels, minlength=classes)
    for picture, label in zip(pictures, labels.tolist(), strict=True):
        sums[label] += picture
    return torch.stack(sums)


# %% wrong="mean_pictures: nan for a class without pictures"
def mean_pictures(pictures: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    """The mean picture of each class, (classes, height, width); 0 for a class without pictures."""
    sums = [torch.zeros_like(pictures[0]) for _ in range(classes)]
    counts = torch.bincount(labels, minlength=classes)
    for picture, label in zip(pictures, labels.tolist(), strict=True):
        sums[label] += picture
    return torch.stack(sums) / counts[:, None, None]


# %% wrong="mean_pictures: divides by all"
def mean_pictures(pictures: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    """The mean picture of each class, (classes, height, width); 0 for a class without pictures."""
    sums = [torch.zeros_like(pictures[0]) for _ in range(classes)]
    counts = torch.bincount(labels, minlength=classes)
    for picture, label in zip(pictures, labels.tolist(), strict=True):
        sums[label] += picture
    return torch.stack(sums) / len(pictures)


# %% wrong="mean_pictures: an expanded zero"
def mean_pictures(pictures: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    """The mean picture of each class, (classes, height, width); 0 for a class without pictures."""
    sums = torch.zeros_like(pictures[0]).expand(classes, *pictures[0].shape)
    counts = torch.bincount(labels, minlength=classes)
    for picture, label in zip(pictures, labels.tolist(), strict=True):
        sums[label].add_(picture)
    return sums / counts.clamp(min=1)[:, None, None]


# %% wrong="mean_pictures: starts from the first picture"
def mean_pictures(pictures: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    """The mean picture of each class, (classes, height, width); 0 for a class without pictures."""
    sums = [pictures[0].clone() for _ in range(classes)]
    counts = torch.bincount(labels, minlength=classes)
    for picture, label in zip(pictures, labels.tolist(), strict=True):
        sums[label] += picture
    return torch.stack(sums) / counts.clamp(min=1)[:, None, None]


# %% wrong="mean_pictures: adds into the pictures"
def mean_pictures(pictures: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    """The mean picture of each class, (classes, height, width); 0 for a class without pictures."""
    sums = [
        pictures[labels.tolist().index(c)] if c in labels.tolist() else torch.zeros_like(pictures[0])
        for c in range(classes)
    ]
    counts = torch.bincount(labels, minlength=classes)
    for picture, label in zip(pictures, labels.tolist(), strict=True):
        sums[label] += picture
    return torch.stack(sums) / counts.clamp(min=1)[:, None, None]


# %% equivalent="mean_pictures: there is a label for each picture"
# - for picture, label in zip(pictures, labels.tolist(), strict=True):
# + for picture, label in zip(pictures, labels.tolist(), strict=False):


# %% equivalent="mean_pictures: there is a label for each picture, case 2"
# - for picture, label in zip(pictures, labels.tolist(), strict=True):
# + for picture, label in zip(pictures, labels.tolist()):
