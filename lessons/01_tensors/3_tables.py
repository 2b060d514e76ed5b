# %% [markdown]
# ## 6 · Places by number
#
# **In this part you will** turn classes into rows of zeros and ones and back, judge scores without a loop, count which
# digits are mistaken for which, and make a clean tensor of a table with holes.
#
# So far you said *where* by slices, the same for every row. But a classifier has ten scores for each picture, and the
# right one stands in another column in each row. **`gather`** picks by number: along an axis, it takes from each place
# what an `index` says. **`scatter_`** is its mirror: it puts a value where the index says.
#
# ```
# scores = [[0.1, 0.7, 0.2],      index = [[1],      scores.gather(1, index) = [[0.7],
#           [0.5, 0.3, 0.2]]               [0]]                                 [0.5]]
#
# zeros(2, 3).scatter_(1, index, 1.0) = [[0.0, 1.0, 0.0],
#                                        [1.0, 0.0, 0.0]]
# ```
#
# In both, the index has as many axes as the tensor, and the result of `gather` has the shape *of the index*. (numpy
# calls them `take_along_axis` and `put_along_axis`.) `scores[torch.arange(2), torch.tensor([1, 0])]` picks the same two
# numbers, as a vector: two lists of places, taken in pairs. **Predict** what sorting does to each row of this picture,
# and what gathering by the order of *another* picture does.

# %%
order = three.argsort(dim=1)  # for each row, the columns from the lightest to the darkest
seven = digits.train_x[digits.train_y == 7][5]
by_another = three.gather(1, seven.argsort(dim=1))
show([three, three.gather(1, order), seven, by_another], ["a three", "rows sorted", "a seven", "sorted by the seven"])
restored = torch.zeros(28, 28).scatter_(1, order, three.gather(1, order))
print("scatter puts everything back:", torch.equal(restored, three))

# %% [markdown]
# `argsort` returns places, not values, so it can carry one tensor along in the order of another. And `scatter_` with
# the same index undoes what `gather` did.
#
# The most frequent use of `scatter_` is the **one-hot** code of a class: a row of zeros with a single 1 at the number
# of the class. Networks learn targets of this form, since classes are names: a 4 is not "between" a 3 and a 5.
#
# ### Exercise: one-hot
# difficulty 2/5 · 6 minutes · cards: one-hot-scatter, scatter-arguments, unsqueeze-index, testing-close
#
# Fill the blanks, without `F.one_hot`. The rows are float32. `same` says whether two tensors hold the same numbers up
# to rounding, True or False. It uses what torch offers for tests, `torch.testing.assert_close(actual, expected)`, which
# returns nothing and raises an `AssertionError` when they differ.


# %% solution="one_hot" promises="leaves-inputs, tensor(one_hot), by-hand(one_hot)"
def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Rows (n, classes) of zeros with a 1.0 at each label; labels (n,) are whole numbers below `classes`."""
    rows = torch.zeros(len(labels), classes)  # ? zeros(len(labels), classes)
    index = labels.unsqueeze(1)  # ? unsqueeze(1)
    return rows.scatter_(dim=1, index=index, value=1.0)  # ? scatter_ | dim=1 | index=index | value=1.0


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    """Whether two tensors hold the same numbers, up to rounding."""
    try:
        torch.testing.assert_close(actual, expected)  # ? testing.assert_close
    except AssertionError:  # ? AssertionError
        return False
    return True


# %% [markdown] explains="one_hot"
# `scatter_` needs an index with as many axes as the table: for row i it says in which column to write. `unsqueeze(1)`
# makes a column of the labels, (n, 1), so that each row gets one place. `dim=1` means that the index counts columns.
# With `dim=0` it would count rows, and everything lands in the first column, or outside the table.
#
# The width is `classes` and not `labels.max() + 1`: a batch in which the last class happens not to occur must have the
# same shape as any other. As for `same`, rounding makes `==` the wrong question about floats: 0.1 + 0.2 is not 0.3.
# `assert_close` allows a small relative and a small absolute error, and speaks by raising an error; `try` turns that
# into True and False.


# %% tests="one_hot" points=3
def examples(rng):
    yield checks.example(one_hot, {"labels": rng.integers(4, low=0, high=4), "classes": 5}, of="one_hot")


with checks.check("two labels of three classes", hint="for each row: in which column does the 1 stand?"):
    checks.close(one_hot(torch.tensor([2, 0]), 3), [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("any labels and any number of classes", hint="as many columns as there are classes"):
    for n, classes in ((rng.integer(5, 7), 4), (1, 3), (3, 12), (40, 2), (1, 1), (2, 300)):
        some = rng.integers(n, low=0, high=max(classes - 2, 0))  # the last class does not occur, and then it does
        for labels in (some, torch.cat([some, torch.tensor([classes - 1])])):
            wanted = [[1.0 if column == label else 0.0 for column in range(classes)] for label in labels.tolist()]
            got = one_hot(labels, classes)
            checks.dtype(got, torch.float32)
            checks.close(got, wanted)
with checks.check("the same, nearly the same and not the same", hint="what does assert_close raise when they differ?"):
    x = rng.tensor(3, 2, low=1, high=2)
    one = x.clone()
    one[2, 1] += 0.5
    for other in (x + 0.01, x - 0.01, x * (1 + 1e-4), x[:2], -x, one):
        checks.equal(same(x, other), False)
    for other in (x.clone(), x * (1 + 1e-7)):
        checks.equal(same(x, other), True)
### END HIDDEN TESTS

# %% [markdown]
# The index must have two axes like the rows that it points into; that is what `unsqueeze` is for. A one-hot row times a
# matrix is one row of the matrix, so an *embedding*, which looks a row up by its number, is a product with one-hot rows
# that nobody carries out.
#
# Next, judge ten scores per picture. Whether the right class wins says little about how *safely* it wins. The
# **margin** does: the score of the right class minus the best score among the others. It is positive exactly when the
# answer is right, and close to zero where the classifier wavers.
#
# ### Exercise: margins
# difficulty 3/5 · 10 minutes · cards: gather-rows, gather-scatter-mirror, mask-fill
#
# Return the margin of every row of scores (n, classes); there are at least two classes. Two scores of a row may be
# equal. Gradients must be able to flow through it, since margins are also used as a loss.
#
# hint: For the best of the *others*, the right class must not take part. Which number can never be the largest?


# %% solution="margins" promises="leaves-inputs, tensor, differentiable(scores), any-float, any-size(two classes)"
def margins(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """For each row, the score of its label minus the best other score: (n, classes) and (n,) in, (n,) out."""
    ### BEGIN SOLUTION
    index = labels.unsqueeze(1)
    right = scores.gather(1, index).squeeze(1)
    others = scores.scatter(1, index, float("-inf"))
    return right - others.amax(dim=1)
    ### END SOLUTION


# %% [markdown] explains="margins"
# The right class stands in another column in each row, so it is gathered by an index. For the best of the others, the
# right one must be out of the race. Minus infinity can never win. A zero in its place would win wherever all scores are
# negative, and minus a thousand loses only as long as nobody has scores below that.
#
# Put it there by `scatter` without the underscore, which makes a new tensor: `scatter_` would write into the caller's
# scores. And go by *place*, not by value: if another class has the same score as the right one, it is still "another",
# and the margin is 0. The second best score of the row is not the best of the others either, except where the right
# class is first. By hand: (0.5, 3, 1) has the margin $3 - 1 = 2$ for class 1, and $0.5 - 3 = -2.5$ for class 0.


# %% tests="margins" points=5
def examples(rng):
    yield checks.example(margins, {"scores": rng.tensor(3, 4), "labels": rng.integers(3, low=0, high=3)})
    two, labels = rng.tensor(3, 2), torch.tensor([1, 0, 1])
    right = (two[:, 0] - two[:, 1]) * torch.tensor([-1.0, 1.0, -1.0])
    yield checks.example(margins, {"scores": two, "labels": labels}, size="two classes", right=right)


with checks.check("a safe answer and a wrong one", hint="the score of the label, minus the best of all others"):
    scores = torch.tensor([[0.5, 3.0, 1.0], [0.5, 3.0, 1.0]])
    checks.close(margins(scores, torch.tensor([1, 0])), [2.0, -2.5])
### BEGIN HIDDEN TESTS
rng = checks.rng()


def slow(scores, labels):
    rows = zip(scores.tolist(), labels.tolist(), strict=True)
    safe = [row[y] - max(v for place, v in enumerate(row) if place != y) for row, y in rows]
    return torch.tensor(safe, dtype=scores.dtype)


with checks.check("right and wrong answers, of any size", points=2, hint="gather the right one; the others without it"):
    for n, classes in ((8, 5), (0, 3), (6, 2), (3, 4), (30, 11), (4, 300)):
        scores = rng.tensor(n + 1, classes)
        labels = torch.cat([rng.integers(n, low=0, high=classes - 1), torch.tensor([classes - 1])])
        for factor in (1.0, 1000.0):
            checks.close(margins(factor * scores, labels), slow(factor * scores, labels), rtol=1e-4, atol=1e-5 * factor)
with checks.check("scores that are all negative, or all positive", hint="zero is no small number among negative ones"):
    for low, high in ((-9, -5), (5, 9), (-3000, -2000), (-3e37, -2e37)):
        scores, labels = rng.tensor(6, 4, low=low, high=high), rng.integers(6, low=0, high=3)
        checks.close(margins(scores, labels), slow(scores, labels), rtol=1e-3, atol=1e-3)
    fine, labels = 1e8 + rng.tensor(4, 3, dtype=torch.float64), torch.tensor([0, 1, 2, 1])
    checks.close(margins(fine, labels), slow(fine, labels), rtol=1e-6, atol=1e-6)
with checks.check("ties for the first place", hint="the best other one may be as good as the right one"):
    scores = torch.tensor([[2.0, 5.0, 5.0], [4.0, 4.0, 4.0], [7.0, 1.0, 7.0]])
    checks.close(margins(scores, torch.tensor([1, 2, 1])), [0.0, 0.0, -6.0])
### END HIDDEN TESTS

# %% [markdown]
# Try it on a classifier without any learning: the score of a digit is minus the distance from the mean picture of its
# class. **Predict** what the pictures with the smallest, with the largest, and with a margin close to zero look like.

# %%
flat, check = digits.train_x.flatten(1), digits.valid_x.flatten(1)
means = torch.stack([flat[digits.train_y == digit].mean(dim=0) for digit in range(10)])
nearness = -torch.cdist(check, means)  # (1000, 10)
safety = margins(nearness, digits.valid_y)
by_margin = safety.argsort()
middle = safety.abs().argsort()
for places, what in ((by_margin[:8], "smallest"), (middle[:8], "near zero"), (by_margin[-8:], "largest")):
    show(digits.valid_x[places], [f"{what}: {safety[place]:+.3f}" for place in places], size=1.3)
print(f"positive margins, so right answers: {(safety > 0).float().mean():.1%}")

# %% [markdown]
# *Further reading:* [PyTorch: `torch.gather`](https://pytorch.org/docs/stable/generated/torch.gather.html) and
# [`scatter_`](https://pytorch.org/docs/stable/generated/torch.Tensor.scatter_.html); Bishop, *Pattern Recognition and
# Machine Learning*, section 7.1, on margins.
#
# ## 7 · Counting
#
# `torch.bincount(x)` counts how often each whole number from 0 upwards occurs in `x`: entry i of the result is the
# number of i's. With `minlength=10` it has at least ten entries, also where the last numbers do not occur. **Predict**
# `torch.bincount(torch.tensor([1, 4, 1]))`.

# %%
print(torch.bincount(torch.tensor([1, 4, 1])).tolist())
print("inked pixels of a three, counted by row:", torch.bincount((three > 0).nonzero()[:, 0], minlength=28).tolist())

# %% [markdown]
# Counting by *two* numbers at once needs no other function, only arithmetic. Give every pair a number of its own, count
# these, and lay the counts out as a table: it is the page and line of a book again, and the shape of a tensor.
#
# ### Exercise: who is mistaken for whom?
# difficulty 3/5 · 8 minutes · cards: bincount, confusion
#
# Return the **confusion matrix**: a table (classes, classes) of whole numbers, in which row t, column a says how many
# pictures of the true class t were given the answer a. Some classes may never occur, and some answers may never be
# given. There may be no pictures at all, and there will be 200,000: a loop over them would take its time, and none is
# needed.
#
# hint: Which number between 0 and classes² − 1 is free for the pair (t, a)? Think of a row number and a column number.


# %% solution="confusion" promises="leaves-inputs, tensor"
def confusion(truth: torch.Tensor, answers: torch.Tensor, classes: int) -> torch.Tensor:
    """How often each true class (row) got each answer (column): two (n,) of int64 in, (classes, classes) out."""
    ### BEGIN SOLUTION
    pairs = classes * truth + answers
    return torch.bincount(pairs, minlength=classes**2).reshape(classes, classes)
    ### END SOLUTION


# %% [markdown] explains="confusion"
# `classes * truth + answers` is the place of entry (t, a) in a table that is read line by line, so it is the number
# that the table's own strides would give. Every pair has its own number from 0 to classes² − 1; `bincount` counts them,
# and `reshape` lays the counts out again. A sum `truth + answers` would give (0, 1) and (1, 0) the same number.
#
# `minlength` matters: if the last pairs do not occur, `bincount` stops early and the reshape fails. The size must not
# come from the data, or two tables of two epochs could not be compared. `table[truth, answers] += 1` looks tempting,
# and counts each pair once only: for a place that is named twice the assignment happens twice, with the same old value.
# Check: the sums of the rows say how often each class occurs.


# %% tests="confusion" points=4
def examples(rng):
    given = {"truth": rng.integers(6, low=0, high=2), "answers": rng.integers(6, low=0, high=2), "classes": 3}
    yield checks.example(confusion, given)


with checks.check("four pictures of two classes", hint="rows are the truth, columns the answers"):
    got = confusion(torch.tensor([0, 0, 1, 0]), torch.tensor([0, 1, 1, 1]), 2)
    checks.equal(got, torch.tensor([[1, 2], [0, 1]]))
### BEGIN HIDDEN TESTS
rng = checks.rng()


def counted(truth, answers, classes):
    table = [[0] * classes for _ in range(classes)]
    for t, a in zip(truth.tolist(), answers.tolist(), strict=True):
        table[t][a] += 1
    return torch.tensor(table)


with checks.check("any number of classes", hint="does every pair have a number of its own?"):
    for classes in (1, 2, 3, rng.integer(4, 6), 10, 13, 20, 190):
        last = torch.tensor([classes - 1])
        truth = torch.cat([rng.integers(90, low=0, high=classes - 1), last])
        answers = torch.cat([rng.integers(90, low=0, high=classes - 1), last])
        checks.equal(confusion(truth, answers, classes), counted(truth, answers, classes))
with checks.check("classes that nobody saw, answers that nobody gave", hint="the table has all its rows all the same"):
    for truth, answers, classes in (([0, 1, 0], [1, 1, 0], 5), ([3], [0], 4), ([], [], 3), ([2, 2], [2, 2], 6)):
        pair = torch.tensor(truth, dtype=torch.int64), torch.tensor(answers, dtype=torch.int64)
        checks.equal(confusion(*pair, classes), counted(*pair, classes))
with checks.check("200,000 pictures, in whole numbers", hint="which type has what you count with?"):
    truth = torch.cat([torch.full((70_000,), 7), rng.integers(130_000, low=0, high=9)])  # more than 16 bits in one cell
    answers = torch.cat([torch.full((70_000,), 5), rng.integers(130_000, low=2, high=8)])
    got = confusion(truth, answers, 10)
    checks.true(not torch.as_tensor(got).is_floating_point(), "counts are whole numbers, and these are floats")
    checks.equal(got, counted(truth, answers, 10))
### END HIDDEN TESTS

# %%
table = confusion(digits.valid_y, nearness.argmax(dim=1), 10)
figure, axis = plt.subplots(figsize=(4.2, 4.2))
axis.imshow(table, cmap="Blues")
for t in range(10):
    for a in range(10):
        ink = "white" if table[t, a] > 50 else "black"
        axis.text(a, t, int(table[t, a]), ha="center", va="center", fontsize=7, color=ink)
axis.set(xticks=range(10), yticks=range(10), xlabel="answer", ylabel="truth", title="nearest mean, 100 of each digit")
figure.tight_layout()

# %% [markdown]
# The share of right answers hides all of this. Ones are nearly always recognised, fives in 60 cases of 100. A three is
# taken for a five as often as a five for a three, and fours and nines are exchanged twenty times.
#
# *Further reading:* [PyTorch: `torch.bincount`](https://pytorch.org/docs/stable/generated/torch.bincount.html); *Dive
# into Deep Learning*, section 4.7, on confusion matrices and shifts of labels.
#
# ## 8 · Tables with holes
#
# Pictures come as numbers. Most of the world's data come as tables in which a column is words, and some cells are
# empty. The library **pandas** reads and repairs them, and hands them over as an array. Here are some second-hand
# bicycles (invented ones); `read_csv` takes a file, or a text dressed as one.

# %% setup
import io

import pandas as pd

bicycles = """gears,weight,kind,price
21,14.5,city,180
,11.0,race,450
3,,city,120
27,10.5,,520
1,9.0,race,390
"""

# %%
frame = pd.read_csv(io.StringIO(bicycles))
print(frame, "\n")
print(frame.isna().sum().to_dict(), "\n")
print(pd.get_dummies(frame["kind"], dummy_na=True, dtype=float))

# %% [markdown]
# An empty cell is read as NaN, *not a number*, which poisons every sum that it gets into. A row with a hole may be
# dropped, if there are plenty, or the hole may be filled: in a column of numbers usually by the mean or the median of
# the others. And a column of words becomes several columns of zeros and ones, its **dummies**, one for each word:
# one-hot again.
#
# One thing is easy to get wrong and hard to notice. The table on which a model is *tested* must be prepared with the
# numbers of the table on which it was *trained*: with its means and with its words. Take the test table's own mean, and
# you have used answers from the future. Take the test table's own words, and a column may be missing, or mean something
# else.
#
# ### Exercise: a tensor of two tables
# difficulty 4/5 · 15 minutes · cards: read-table, fill-holes, dummies, no-peeking
#
# You get two tables as texts, one to train on and one to test on, with the columns `gears`, `weight`, `kind` and
# `price`, in this order. Return two float32 tensors, (rows, 2 + number of kinds):
#
# - `gears` and `weight`, in which every hole is filled with the mean of *that column of the training table*;
# - one column of zeros and ones for each kind that occurs *in the training table*, in alphabetical order (kinds are
#   words of small letters). A bicycle whose kind is a hole, or is a kind that the training table does not know, has
#   zeros in all of them.
#
# The price is the target and does not belong in the inputs. Every column of numbers of the training table has at least
# one number, and at least one kind is known.
#
# hint: `frame["kind"] == "city"` is a column of True and False; what does it say of a hole? `frame.mean()` skips holes.


# %% solution="two_tables" promises="tensors"
def two_tables(train: str, test: str) -> tuple[torch.Tensor, torch.Tensor]:
    """The inputs of both tables, filled and coded by what the training table holds."""
    ### BEGIN SOLUTION
    known, new = pd.read_csv(io.StringIO(train)), pd.read_csv(io.StringIO(test))
    means = known[["gears", "weight"]].mean()
    kinds = sorted(known["kind"].dropna().unique())

    def inputs(frame):
        numbers = frame[["gears", "weight"]].fillna(means).to_numpy(dtype="float32")
        dummies = np.stack([(frame["kind"] == kind).to_numpy(dtype="float32") for kind in kinds], axis=1)
        return torch.from_numpy(np.concatenate([numbers, dummies], axis=1))

    return inputs(known), inputs(new)
    ### END SOLUTION


# %% [markdown] explains="two_tables"
# The line that matters is the second: means and kinds come from the training table, before anybody looks at the other
# one. `inputs` then does the same to both. Written so, it is hard to make the mistake at all; with the preparation
# inside `inputs`, each table would be filled with its own means. With a test table of one row and one hole there is no
# mean of its own, and that is what the program will meet when it is used.
#
# A comparison is enough for the dummies: `frame["kind"] == kind` is False for a hole and for an unknown kind, which
# therefore get zeros everywhere. `get_dummies` on each table by itself makes as many columns as it finds kinds, so
# column 3 could mean "city" in one and "race" in the other. `fillna(means)` fills each column with the entry of its own
# name. And float32, because the weights of a network are.


# %% tests="two_tables" points=6
def examples(rng):
    yield checks.example(two_tables, {"train": bicycles, "test": bicycles})


head = "gears,weight,kind,price\n"
with checks.check("the training table", hint="fill with the mean of the numbers that are there; kinds in order"):
    train, _ = two_tables(head + "4,10.0,race,100\n,12.0,city,200\n8,,race,300\n", head + "1,1.0,city,1\n")
    checks.close(train, [[4.0, 10.0, 0.0, 1.0], [6.0, 12.0, 1.0, 0.0], [8.0, 11.0, 0.0, 1.0]])
with checks.check("a hole in the test table", hint="whose mean?"):
    _, test = two_tables(head + "4,10.0,race,100\n8,12.0,city,200\n", head + ",9.0,race,1\n5,8.0,city,1\n")
    checks.close(test, [[6.0, 9.0, 0.0, 1.0], [5.0, 8.0, 1.0, 0.0]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
names = rng.words(5)


def table_of(rows):
    return head + "".join(",".join("" if cell is None else str(cell) for cell in row) + "\n" for row in rows)


def coded(known, rows):
    kinds = sorted({row[2] for row in known} - {None})
    means = [sum(there) / len(there) for c in (0, 1) if (there := [row[c] for row in known if row[c] is not None])]
    filled = [[means[c] if row[c] is None else row[c] for c in (0, 1)] for row in rows]
    return torch.tensor([f + [float(row[2] == kind) for kind in kinds] for f, row in zip(filled, rows, strict=True)])


def drawn(n, kinds):
    numbers = zip(rng.integers(n, low=1, high=30).tolist(), rng.integers(n, low=70, high=160).tolist(), strict=True)
    return [[gears, weight / 10, rng.choice(kinds), rng.integer(50, 900)] for gears, weight in numbers]


known = [*drawn(5, names[:3]), [None, 9.5, names[0], 70], [12, None, names[1], 80], [25, 8.0, None, 90]]
known += [[2, 15.5, names[2], 60], [None, None, names[2], 75]]
known[0][0] += sum(row[0] or 0 for row in known) % 8 == 0  # the mean of the eight gears is not whole
with checks.check("kinds and holes of the training table", hint="what is the row of a bicycle whose kind is a hole?"):
    other = drawn(2, names[:3])
    checks.close(two_tables(table_of(known), table_of(other))[0], coded(known, known), rtol=1e-4)
    plain = [[3, 10.0, names[3], 1], [5, 12.0, names[3], 2]]  # nothing missing, and a single kind
    for table in (plain, plain[:1]):
        checks.close(two_tables(table_of(table), table_of(other))[0], coded(table, table))
    several = [[place, 10.0, name, 1] for place, name in enumerate(rng.words(12))]
    checks.close(two_tables(table_of(several), table_of(other))[0], coded(several, several))
with checks.check(
    "the test table by the training table's means", hint="no number of the test table is used to fill it"
):
    other = [[None, 7.5, names[0], 30], [19, None, names[2], 40], [29, 15.0, names[1], 10], [None, None, names[1], 20]]
    checks.close(two_tables(table_of(known), table_of(other))[1], coded(known, other), rtol=1e-4)
    alone = [[None, None, names[1], 20]]  # the test table has no number at all
    checks.close(two_tables(table_of(known), table_of(alone))[1], coded(known, alone), rtol=1e-4)
with checks.check("new kinds, missing kinds, kinds that do not occur", hint="whose kinds are the columns?"):
    for kinds in (names[3:], [names[2]], [names[0], names[4]], [None, names[1]], [None]):
        other = drawn(3, kinds)
        checks.close(two_tables(table_of(known), table_of(other))[1], coded(known, other), rtol=1e-4)
with checks.check("numbers as float32", hint="which type does a network expect?"):
    for part in two_tables(table_of(known), table_of(known[:2])):
        checks.dtype(part, torch.float32)
### END HIDDEN TESTS

# %% [markdown]
# A hole can be news. People leave the weight out when it is embarrassing, and the price shows it. A further column "was
# missing" (1 or 0) lets a model find out; question *the hole* below comes back to it.
#
# *Further reading:* [pandas: working with missing data](https://pandas.pydata.org/docs/user_guide/missing_data.html);
# *Dive into Deep Learning*, section 2.2; Kaufman, Rosset and Perlich, "Leakage in Data Mining" (KDD 2011).
#
# **Now you can** pick and place by number, count pairs without a loop, and turn a table with holes and words into a
# tensor without looking into the future.
