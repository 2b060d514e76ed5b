# Answers to the exercises of 3_tables.py, right and wrong: what `course audit` grades. No student sees them.

# %% right="one_hot: by comparison, and allclose in an if"
def one_hot(labels, classes):
    return (labels[:, None] == torch.arange(classes)).float()


def same(actual, expected):
    return actual.shape == expected.shape and torch.allclose(actual, expected)


# %% right="one_hot: rows of the identity"
def one_hot(labels, classes):
    return torch.eye(classes)[labels]


def same(actual, expected):
    try:
        torch.testing.assert_close(actual, expected)
        return True
    except AssertionError:
        return False


# %% right="one_hot: pairs of places"
def one_hot(labels, classes):
    table = torch.zeros(len(labels), classes)
    table[range(len(labels)), labels] = 1
    return table


def same(actual, expected):
    if actual.shape != expected.shape:
        return False
    return bool(((actual - expected).abs() <= 1e-5 + 1.3e-6 * expected.abs()).all())


# %% wrong="one_hot: along the wrong axis"
def one_hot(labels, classes):
    return torch.zeros(classes, len(labels)).scatter_(0, labels[None], 1.0)


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    """Whether two tensors hold the same numbers, up to rounding."""
    try:
        torch.testing.assert_close(actual, expected)
    except AssertionError:
        return False
    return True


# %% wrong="one_hot: as many columns as the largest label needs"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Rows (n, classes) of zeros with a 1.0 at each label; labels (n,) are whole numbers below `classes`."""
    rows = torch.zeros(len(labels), int(labels.max()) + 1)
    index = labels.unsqueeze(1)
    return rows.scatter_(dim=1, index=index, value=1.0)


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    """Whether two tensors hold the same numbers, up to rounding."""
    try:
        torch.testing.assert_close(actual, expected)
    except AssertionError:
        return False
    return True


# %% wrong="one_hot: the label instead of 1"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Rows (n, classes) of zeros with a 1.0 at each label; labels (n,) are whole numbers below `classes`."""
    rows = torch.zeros(len(labels), classes)
    index = labels.unsqueeze(1)
    return rows.scatter_(1, index, index.float())


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    """Whether two tensors hold the same numbers, up to rounding."""
    try:
        torch.testing.assert_close(actual, expected)
    except AssertionError:
        return False
    return True


# %% wrong="one_hot: whole numbers"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Rows (n, classes) of zeros with a 1.0 at each label; labels (n,) are whole numbers below `classes`."""
    rows = torch.zeros(len(labels), classes)
    index = labels.unsqueeze(1)
    return rows.scatter_(dim=1, index=index, value=1.0).long()


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    """Whether two tensors hold the same numbers, up to rounding."""
    try:
        torch.testing.assert_close(actual, expected)
    except AssertionError:
        return False
    return True


# %% wrong="one_hot: by the function of that name"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Rows (n, classes) of zeros with a 1.0 at each label; labels (n,) are whole numbers below `classes`."""
    rows = torch.zeros(len(labels), classes)
    index = labels.unsqueeze(1)
    return torch.nn.functional.one_hot(labels, classes).float()


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    """Whether two tensors hold the same numbers, up to rounding."""
    try:
        torch.testing.assert_close(actual, expected)
    except AssertionError:
        return False
    return True


# %% wrong="one_hot: counts from one"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Rows (n, classes) of zeros with a 1.0 at each label; labels (n,) are whole numbers below `classes`."""
    rows = torch.zeros(len(labels), classes)
    index = (labels - 1).clamp(min=0).unsqueeze(1)
    return rows.scatter_(dim=1, index=index, value=1.0)


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    """Whether two tensors hold the same numbers, up to rounding."""
    try:
        torch.testing.assert_close(actual, expected)
    except AssertionError:
        return False
    return True


# %% wrong="one_hot: the same means exactly the same"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Rows (n, classes) of zeros with a 1.0 at each label; labels (n,) are whole numbers below `classes`."""
    rows = torch.zeros(len(labels), classes)
    index = labels.unsqueeze(1)
    return rows.scatter_(dim=1, index=index, value=1.0)


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    """Whether two tensors hold the same numbers, up to rounding."""
    try:
        assert torch.equal(actual, expected)
    except AssertionError:
        return False
    return True


# %% wrong="one_hot: says nothing when they differ"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Rows (n, classes) of zeros with a 1.0 at each label; labels (n,) are whole numbers below `classes`."""
    rows = torch.zeros(len(labels), classes)
    index = labels.unsqueeze(1)
    return rows.scatter_(dim=1, index=index, value=1.0)


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    """Whether two tensors hold the same numbers, up to rounding."""
    try:
        torch.testing.assert_close(actual, expected)
    except AssertionError:
        return None
    return True


# %% wrong="one_hot: never tells a difference"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Rows (n, classes) of zeros with a 1.0 at each label; labels (n,) are whole numbers below `classes`."""
    rows = torch.zeros(len(labels), classes)
    index = labels.unsqueeze(1)
    return rows.scatter_(dim=1, index=index, value=1.0)


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    """Whether two tensors hold the same numbers, up to rounding."""
    try:
        torch.testing.assert_close(actual, expected)
    except AssertionError:
        return True
    return True


# %% equivalent="one_hot: the text asks for rows of float32"
# keeper: returns float64


# %% equivalent="one_hot: labels, zeros, ones and truth values have no sign"
# spoiler: one_hot returns absolute
# spoiler: one_hot takes absolute
# spoiler: same returns absolute
# spoiler: same keeps first and last


# %% equivalent="one_hot: how far two numbers are apart does not depend on their order, but for the last digit of the tolerance"
# - torch.testing.assert_close(actual, expected)
# + torch.testing.assert_close(expected, actual)


# %% right="margins: the best two of each row"
def margins(scores, labels):
    (best, places) = scores.topk(2, dim=1)
    right = scores[torch.arange(len(labels)), labels]
    other = torch.where(places[:, 0] == labels, best[:, 1], best[:, 0])
    return right - other


# %% right="margins: a mask of one-hot rows"
def margins(scores, labels):
    is_right = torch.arange(scores.shape[1]) == labels[:, None]
    right = (scores * is_right).sum(dim=1)
    return right - scores.masked_fill(is_right, -torch.inf).max(dim=1).values


# %% right="margins: row by row"
def margins(scores, labels):
    found = []
    for row, label in zip(scores, labels.tolist(), strict=True):
        others = torch.cat([row[:label], row[label + 1 :]])
        found.append(row[label] - others.max())
    return torch.stack(found)


# %% wrong="margins: the best of all, the right one included"
def margins(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """For each row, the score of its label minus the best other score: (n, classes) and (n,) in, (n,) out."""
    index = labels.unsqueeze(1)
    right = scores.gather(1, index).squeeze(1)
    others = scores
    return right - others.amax(dim=1)


# %% wrong="margins: zero in place of the right one"
def margins(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """For each row, the score of its label minus the best other score: (n, classes) and (n,) in, (n,) out."""
    index = labels.unsqueeze(1)
    right = scores.gather(1, index).squeeze(1)
    others = scores.scatter(1, index, 0.0)
    return right - others.amax(dim=1)


# %% wrong="margins: minus a thousand in place of the right one"
def margins(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """For each row, the score of its label minus the best other score: (n, classes) and (n,) in, (n,) out."""
    index = labels.unsqueeze(1)
    right = scores.gather(1, index).squeeze(1)
    others = scores.scatter(1, index, -1000.0)
    return right - others.amax(dim=1)


# %% wrong="margins: the second best for everybody"
def margins(scores, labels):
    right = scores.gather(1, labels[:, None]).squeeze(1)
    return right - scores.topk(2, dim=1).values[:, 1]


# %% wrong="margins: never negative"
def margins(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """For each row, the score of its label minus the best other score: (n, classes) and (n,) in, (n,) out."""
    index = labels.unsqueeze(1)
    right = scores.gather(1, index).squeeze(1)
    others = scores.scatter(1, index, float("-inf"))
    return (right - others.amax(dim=1)).clamp(min=0)


# %% wrong="margins: the wrong way round"
def margins(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """For each row, the score of its label minus the best other score: (n, classes) and (n,) in, (n,) out."""
    index = labels.unsqueeze(1)
    right = scores.gather(1, index).squeeze(1)
    others = scores.scatter(1, index, float("-inf"))
    return others.amax(dim=1) - right


# %% wrong="margins: gathers along the pictures"
def margins(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """For each row, the score of its label minus the best other score: (n, classes) and (n,) in, (n,) out."""
    index = labels.unsqueeze(1)
    right = scores.gather(0, index.clamp(max=len(scores) - 1)).squeeze(1)
    others = scores.scatter(1, index, float("-inf"))
    return right - others.amax(dim=1)


# %% wrong="margins: without gradients"
def margins(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """For each row, the score of its label minus the best other score: (n, classes) and (n,) in, (n,) out."""
    index = labels.unsqueeze(1)
    right = scores.gather(1, index).squeeze(1)
    others = scores.scatter(1, index, float("-inf"))
    return (right - others.amax(dim=1)).detach()


# %% wrong="margins: ties are left out"
def margins(scores, labels):
    right = scores.gather(1, labels[:, None])
    others = scores.masked_fill(scores == right, float("-inf"))
    return right.squeeze(1) - others.amax(dim=1)


# %% wrong="margins: writes into the scores"
def margins(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """For each row, the score of its label minus the best other score: (n, classes) and (n,) in, (n,) out."""
    index = labels.unsqueeze(1)
    right = scores.gather(1, index).squeeze(1)
    others = scores.scatter_(1, index, float("-inf"))
    return right - others.amax(dim=1)


# %% right="confusion: by one-hot rows"
def confusion(truth, answers, classes):
    places = torch.arange(classes)
    rows, columns = (truth[:, None] == places).double(), (answers[:, None] == places).double()
    return (rows.T @ columns).long()


# %% right="confusion: adds at places"
def confusion(truth, answers, classes):
    table = torch.zeros(classes, classes, dtype=torch.int64)
    return table.index_put_((truth, answers), torch.ones_like(truth), accumulate=True)


# %% right="confusion: class by class"
def confusion(truth, answers, classes):
    return torch.stack([torch.bincount(answers[truth == label], minlength=classes) for label in range(classes)])


# %% wrong="confusion: rows and columns exchanged"
def confusion(truth: torch.Tensor, answers: torch.Tensor, classes: int) -> torch.Tensor:
    """How often each true class (row) got each answer (column): two (n,) of whole numbers in, (classes, classes) out."""
    pairs = classes * answers + truth
    return torch.bincount(pairs, minlength=classes**2).reshape(classes, classes)


# %% wrong="confusion: a sum is no pair"
def confusion(truth: torch.Tensor, answers: torch.Tensor, classes: int) -> torch.Tensor:
    """How often each true class (row) got each answer (column): two (n,) of whole numbers in, (classes, classes) out."""
    pairs = truth + answers
    return torch.bincount(pairs, minlength=classes**2).reshape(classes, classes)


# %% wrong="confusion: always ten classes"
def confusion(truth: torch.Tensor, answers: torch.Tensor, classes: int) -> torch.Tensor:
    """How often each true class (row) got each answer (column): two (n,) of whole numbers in, (classes, classes) out."""
    pairs = 10 * truth + answers
    return torch.bincount(pairs, minlength=100)[: classes**2].reshape(classes, classes)


# %% wrong="confusion: each pair once"
def confusion(truth, answers, classes):
    table = torch.zeros(classes, classes, dtype=torch.int64)
    table[truth, answers] += 1
    return table


# %% wrong="confusion: shares instead of counts"
def confusion(truth: torch.Tensor, answers: torch.Tensor, classes: int) -> torch.Tensor:
    """How often each true class (row) got each answer (column): two (n,) of whole numbers in, (classes, classes) out."""
    pairs = classes * truth + answers
    return torch.bincount(pairs, minlength=classes**2).reshape(classes, classes) / max(len(truth), 1)


# %% wrong="confusion: without the classes that do not occur"
def confusion(truth, answers, classes):
    pairs = classes * truth + answers
    counts = torch.bincount(pairs)
    return counts[: len(counts) // classes * classes].reshape(-1, classes)


# %% wrong="confusion: only the mistakes"
def confusion(truth: torch.Tensor, answers: torch.Tensor, classes: int) -> torch.Tensor:
    """How often each true class (row) got each answer (column): two (n,) of whole numbers in, (classes, classes) out."""
    pairs = classes * truth + answers
    return torch.bincount(pairs[truth != answers], minlength=classes**2).reshape(classes, classes)


# %% wrong="confusion: one class too few"
def confusion(truth: torch.Tensor, answers: torch.Tensor, classes: int) -> torch.Tensor:
    """How often each true class (row) got each answer (column): two (n,) of whole numbers in, (classes, classes) out."""
    pairs = (classes - 1) * truth + answers
    return torch.bincount(pairs, minlength=classes**2).reshape(classes, classes)


# %% equivalent="confusion: labels and counts have no sign"
# spoiler: confusion returns absolute
# spoiler: confusion takes absolute


# %% right="two_tables: by dummies and reindex"
def two_tables(train, test):
    tables = [pd.read_csv(io.StringIO(text)) for text in (train, test)]
    numbers = tables[0][["gears", "weight"]].mean()
    columns = pd.get_dummies(tables[0]["kind"]).columns
    found = []
    for table in tables:
        filled = table[["gears", "weight"]].fillna(numbers)
        dummies = pd.get_dummies(table["kind"]).reindex(columns=columns, fill_value=0)
        found.append(torch.tensor(pd.concat([filled, dummies], axis=1).to_numpy(dtype="float32")))
    return tuple(found)


# %% right="two_tables: without pandas"
def two_tables(train, test):
    import csv

    known, new = (list(csv.DictReader(text.splitlines())) for text in (train, test))
    means = {}
    for column in ("gears", "weight"):
        there = [float(row[column]) for row in known if row[column]]
        means[column] = sum(there) / len(there)
    kinds = sorted({row["kind"] for row in known} - {""})

    def coded(row):
        numbers = [float(row[column]) if row[column] else mean for column, mean in means.items()]
        return numbers + [float(row["kind"] == kind) for kind in kinds]

    return torch.tensor([coded(row) for row in known]), torch.tensor([coded(row) for row in new])


# %% right="two_tables: filled in torch"
def two_tables(train, test):
    first, second = pd.read_csv(io.StringIO(train)), pd.read_csv(io.StringIO(test))
    kinds = sorted(set(first["kind"].dropna()))
    numbers = torch.tensor(first[["gears", "weight"]].to_numpy(dtype="float64"))
    means = numbers.nanmean(dim=0)
    found = []
    for frame in (first, second):
        x = torch.tensor(frame[["gears", "weight"]].to_numpy(dtype="float64"))
        x = torch.where(x.isnan(), means, x)
        hot = torch.tensor([[kind == other for other in kinds] for kind in frame["kind"]])
        found.append(torch.cat([x, hot], dim=1).float())
    return found[0], found[1]


# %% wrong="two_tables: each table by its own means"
def two_tables(train: str, test: str) -> tuple[torch.Tensor, torch.Tensor]:
    """The inputs of both tables, filled and coded by what the training table holds."""
    known, new = pd.read_csv(io.StringIO(train)), pd.read_csv(io.StringIO(test))
    means = known[["gears", "weight"]].mean()
    kinds = sorted(known["kind"].dropna().unique())

    def inputs(frame):
        numbers = frame[["gears", "weight"]].fillna(frame[["gears", "weight"]].mean()).to_numpy(dtype="float32")
        dummies = np.stack([(frame["kind"] == kind).to_numpy(dtype="float32") for kind in kinds], axis=1)
        return torch.from_numpy(np.concatenate([numbers, dummies], axis=1))

    return inputs(known), inputs(new)


# %% wrong="two_tables: each table by its own kinds"
def two_tables(train: str, test: str) -> tuple[torch.Tensor, torch.Tensor]:
    """The inputs of both tables, filled and coded by what the training table holds."""
    known, new = pd.read_csv(io.StringIO(train)), pd.read_csv(io.StringIO(test))
    means = known[["gears", "weight"]].mean()
    kinds = sorted(known["kind"].dropna().unique())

    def inputs(frame):
        numbers = frame[["gears", "weight"]].fillna(means).to_numpy(dtype="float32")
        dummies = np.stack(
            [(frame["kind"] == kind).to_numpy(dtype="float32") for kind in sorted(frame["kind"].dropna().unique())],
            axis=1,
        )
        return torch.from_numpy(np.concatenate([numbers, dummies], axis=1))

    return inputs(known), inputs(new)


# %% wrong="two_tables: the kinds of both tables"
def two_tables(train: str, test: str) -> tuple[torch.Tensor, torch.Tensor]:
    """The inputs of both tables, filled and coded by what the training table holds."""
    known, new = pd.read_csv(io.StringIO(train)), pd.read_csv(io.StringIO(test))
    means = known[["gears", "weight"]].mean()
    kinds = sorted(pd.concat([known["kind"], new["kind"]]).dropna().unique())

    def inputs(frame):
        numbers = frame[["gears", "weight"]].fillna(means).to_numpy(dtype="float32")
        dummies = np.stack([(frame["kind"] == kind).to_numpy(dtype="float32") for kind in kinds], axis=1)
        return torch.from_numpy(np.concatenate([numbers, dummies], axis=1))

    return inputs(known), inputs(new)


# %% wrong="two_tables: means of both tables"
def two_tables(train: str, test: str) -> tuple[torch.Tensor, torch.Tensor]:
    """The inputs of both tables, filled and coded by what the training table holds."""
    known, new = pd.read_csv(io.StringIO(train)), pd.read_csv(io.StringIO(test))
    means = pd.concat([known, new])[["gears", "weight"]].mean()
    kinds = sorted(known["kind"].dropna().unique())

    def inputs(frame):
        numbers = frame[["gears", "weight"]].fillna(means).to_numpy(dtype="float32")
        dummies = np.stack([(frame["kind"] == kind).to_numpy(dtype="float32") for kind in kinds], axis=1)
        return torch.from_numpy(np.concatenate([numbers, dummies], axis=1))

    return inputs(known), inputs(new)


# %% wrong="two_tables: zeros for holes"
def two_tables(train: str, test: str) -> tuple[torch.Tensor, torch.Tensor]:
    """The inputs of both tables, filled and coded by what the training table holds."""
    known, new = pd.read_csv(io.StringIO(train)), pd.read_csv(io.StringIO(test))
    means = known[["gears", "weight"]].mean()
    kinds = sorted(known["kind"].dropna().unique())

    def inputs(frame):
        numbers = frame[["gears", "weight"]].fillna(0).to_numpy(dtype="float32")
        dummies = np.stack([(frame["kind"] == kind).to_numpy(dtype="float32") for kind in kinds], axis=1)
        return torch.from_numpy(np.concatenate([numbers, dummies], axis=1))

    return inputs(known), inputs(new)


# %% wrong="two_tables: medians"
def two_tables(train: str, test: str) -> tuple[torch.Tensor, torch.Tensor]:
    """The inputs of both tables, filled and coded by what the training table holds."""
    known, new = pd.read_csv(io.StringIO(train)), pd.read_csv(io.StringIO(test))
    means = known[["gears", "weight"]].median()
    kinds = sorted(known["kind"].dropna().unique())

    def inputs(frame):
        numbers = frame[["gears", "weight"]].fillna(means).to_numpy(dtype="float32")
        dummies = np.stack([(frame["kind"] == kind).to_numpy(dtype="float32") for kind in kinds], axis=1)
        return torch.from_numpy(np.concatenate([numbers, dummies], axis=1))

    return inputs(known), inputs(new)


# %% wrong="two_tables: one mean for both columns"
def two_tables(train: str, test: str) -> tuple[torch.Tensor, torch.Tensor]:
    """The inputs of both tables, filled and coded by what the training table holds."""
    known, new = pd.read_csv(io.StringIO(train)), pd.read_csv(io.StringIO(test))
    means = known[["gears", "weight"]].stack().mean()
    kinds = sorted(known["kind"].dropna().unique())

    def inputs(frame):
        numbers = frame[["gears", "weight"]].fillna(means).to_numpy(dtype="float32")
        dummies = np.stack([(frame["kind"] == kind).to_numpy(dtype="float32") for kind in kinds], axis=1)
        return torch.from_numpy(np.concatenate([numbers, dummies], axis=1))

    return inputs(known), inputs(new)


# %% wrong="two_tables: rows with holes are left out"
def two_tables(train: str, test: str) -> tuple[torch.Tensor, torch.Tensor]:
    """The inputs of both tables, filled and coded by what the training table holds."""
    known, new = pd.read_csv(io.StringIO(train)), pd.read_csv(io.StringIO(test))
    known = known.dropna()
    means = known[["gears", "weight"]].mean()
    kinds = sorted(known["kind"].dropna().unique())

    def inputs(frame):
        numbers = frame[["gears", "weight"]].fillna(means).to_numpy(dtype="float32")
        dummies = np.stack([(frame["kind"] == kind).to_numpy(dtype="float32") for kind in kinds], axis=1)
        return torch.from_numpy(np.concatenate([numbers, dummies], axis=1))

    return inputs(known), inputs(new)


# %% wrong="two_tables: a column for the holes"
def two_tables(train: str, test: str) -> tuple[torch.Tensor, torch.Tensor]:
    """The inputs of both tables, filled and coded by what the training table holds."""
    known, new = pd.read_csv(io.StringIO(train)), pd.read_csv(io.StringIO(test))
    means = known[["gears", "weight"]].mean()
    kinds = sorted(known["kind"].dropna().unique())

    known["kind"] = known["kind"].fillna("")
    kinds = sorted(known["kind"].unique())

    def inputs(frame):
        numbers = frame[["gears", "weight"]].fillna(means).to_numpy(dtype="float32")
        dummies = np.stack([(frame["kind"] == kind).to_numpy(dtype="float32") for kind in kinds], axis=1)
        return torch.from_numpy(np.concatenate([numbers, dummies], axis=1))

    return inputs(known), inputs(new)


# %% wrong="two_tables: kinds in order of appearance"
def two_tables(train: str, test: str) -> tuple[torch.Tensor, torch.Tensor]:
    """The inputs of both tables, filled and coded by what the training table holds."""
    known, new = pd.read_csv(io.StringIO(train)), pd.read_csv(io.StringIO(test))
    means = known[["gears", "weight"]].mean()
    kinds = list(known["kind"].dropna().unique())

    def inputs(frame):
        numbers = frame[["gears", "weight"]].fillna(means).to_numpy(dtype="float32")
        dummies = np.stack([(frame["kind"] == kind).to_numpy(dtype="float32") for kind in kinds], axis=1)
        return torch.from_numpy(np.concatenate([numbers, dummies], axis=1))

    return inputs(known), inputs(new)


# %% wrong="two_tables: in double precision"
def two_tables(train: str, test: str) -> tuple[torch.Tensor, torch.Tensor]:
    """The inputs of both tables, filled and coded by what the training table holds."""
    known, new = pd.read_csv(io.StringIO(train)), pd.read_csv(io.StringIO(test))
    means = known[["gears", "weight"]].mean()
    kinds = sorted(known["kind"].dropna().unique())

    def inputs(frame):
        numbers = frame[["gears", "weight"]].fillna(means).to_numpy(dtype="float64")
        dummies = np.stack([(frame["kind"] == kind).to_numpy(dtype="float64") for kind in kinds], axis=1)
        return torch.from_numpy(np.concatenate([numbers, dummies], axis=1))

    return inputs(known), inputs(new)


# %% wrong="two_tables: the price among the inputs"
def two_tables(train: str, test: str) -> tuple[torch.Tensor, torch.Tensor]:
    """The inputs of both tables, filled and coded by what the training table holds."""
    known, new = pd.read_csv(io.StringIO(train)), pd.read_csv(io.StringIO(test))
    means = known[["gears", "weight"]].mean()
    kinds = sorted(known["kind"].dropna().unique())

    def inputs(frame):
        numbers = frame[["gears", "weight", "price"]].fillna(means).to_numpy(dtype="float32")
        dummies = np.stack([(frame["kind"] == kind).to_numpy(dtype="float32") for kind in kinds], axis=1)
        return torch.from_numpy(np.concatenate([numbers, dummies], axis=1))

    return inputs(known), inputs(new)


# %% equivalent="two_tables: the text asks for tensors of float32"
# keeper: returns float64


# %% equivalent="two_tables: a text has no sign, and no bicycle a negative weight"
# spoiler: two_tables returns absolute
# spoiler: two_tables takes absolute


# %% equivalent="two_tables: truth values beside float32 become float32"
# - dummies = np.stack([(frame['kind'] == kind).to_numpy(dtype='float32') for kind in kinds], axis=1)
# + dummies = np.stack([(frame['kind'] == kind).to_numpy() for kind in kinds], axis=1)
