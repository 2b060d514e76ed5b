# Answers to the exercises of 1_pixels.py, right and wrong: what `course audit` grades. No student sees them.

# %% equivalent="stack_pictures: dividing bytes makes float32 as well"
# - return torch.stack(pictures).float() / 255
# + return torch.stack(pictures) / 255

# %% right="stack_pictures: glue, each with a new axis"
def stack_pictures(pictures):
    return torch.cat([picture[None] for picture in pictures]).div(255)


# %% right="stack_pictures: fill a tensor of zeros"
def stack_pictures(pictures):
    result = torch.zeros(len(pictures), *pictures[0].shape)
    for place, picture in enumerate(pictures):
        result[place] = picture.to(torch.float32) / 255.0
    return result


# %% wrong="stack_pictures: cat instead of stack"
def stack_pictures(pictures):
    return torch.cat(pictures).float() / 255


# %% wrong="stack_pictures: divides by the largest pixel at hand"
def stack_pictures(pictures):
    stacked = torch.stack(pictures).float()
    return stacked / stacked.max()


# %% wrong="stack_pictures: forgets to scale"
def stack_pictures(pictures):
    return torch.stack(pictures).float()


# %% wrong="stack_pictures: whole-number division"
def stack_pictures(pictures):
    return (torch.stack(pictures) // 255).float()


# %% equivalent="summarise: a mean over two axes knows no order"
# - ink = pictures.mean(dim=(1, 2))
# + ink = pictures.mean(dim=(2, 1))


# %% right="summarise: by adding up"
def summarise(pictures):
    template = sum(pictures) / len(pictures)
    ink = torch.stack([picture.mean() for picture in pictures])
    return template, ink, pictures[ink.max(dim=0).indices]


# %% right="summarise: negative axes"
def summarise(pictures):
    template = pictures.mean(dim=-3)
    ink = pictures.mean(dim=(-1, -2))
    heaviest = pictures[ink.argmax()]
    return template, ink, heaviest


# %% wrong="summarise: the mean of everything as template"
def summarise(pictures):
    template = pictures.mean()
    ink = pictures.mean(dim=(1, 2))
    heaviest = pictures[ink.argmax()]
    return template, ink, heaviest


# %% wrong="summarise: mixes up the axes of ink"
def summarise(pictures):
    template = pictures.mean(dim=0)
    ink = pictures.mean(dim=(0, 1))
    heaviest = pictures[ink.argmax()]
    return template, ink, heaviest


# %% wrong="summarise: max instead of argmax"
def summarise(pictures):
    template = pictures.mean(dim=0)
    ink = pictures.mean(dim=(1, 2))
    heaviest = pictures[ink.max()]
    return template, ink, heaviest


# %% wrong="summarise: sum instead of mean"
def summarise(pictures):
    template = pictures.sum(dim=0)
    ink = pictures.mean(dim=(1, 2))
    heaviest = pictures[ink.argmax()]
    return template, ink, heaviest


# %% equivalent="distances: a mean over two axes knows no order"
# - return (a - b).abs().mean(dim=(-1, -2))
# + return (a - b).abs().mean(dim=(-2, -1))

# %% equivalent="distances: a magnitude has no sign"
# - return (a - b).abs().mean(dim=(-1, -2))
# + return (b - a).abs().mean(dim=(-1, -2))

# %% equivalent="distances: a mean over two axes knows no order, squared or not"
# - return (a - b).pow(2).mean(dim=(-1, -2)).sqrt()
# + return (a - b).pow(2).mean(dim=(-2, -1)).sqrt()

# %% equivalent="distances: a square has no sign"
# - return (a - b).pow(2).mean(dim=(-1, -2)).sqrt()
# + return (b - a).pow(2).mean(dim=(-1, -2)).sqrt()


# %% right="distances: flatten first"
def l1_distance(a, b):
    return torch.abs(a - b).flatten(-2).mean(-1)


def rmse_distance(a, b):
    return torch.sqrt(((a - b) ** 2).flatten(-2).mean(-1))


# %% right="distances: by norms"
def l1_distance(a, b):
    return (a - b).abs().sum((-2, -1)) / (a.shape[-1] * a.shape[-2])


def rmse_distance(a, b):
    return torch.linalg.matrix_norm(a - b) / (a.shape[-1] * a.shape[-2]) ** 0.5


# %% wrong="distances: forgets the magnitude"
def l1_distance(a, b):
    return (a - b).mean(dim=(-1, -2))


def rmse_distance(a, b):
    return (a - b).pow(2).mean(dim=(-1, -2)).sqrt()


# %% wrong="distances: means over the whole stack"
def l1_distance(a, b):
    return (a - b).abs().mean()


def rmse_distance(a, b):
    return (a - b).pow(2).mean().sqrt()


# %% wrong="distances: forgets the root"
def l1_distance(a, b):
    return (a - b).abs().mean(dim=(-1, -2))


def rmse_distance(a, b):
    return (a - b).pow(2).mean(dim=(-1, -2))


# %% wrong="distances: root before the mean"
def l1_distance(a, b):
    return (a - b).abs().mean(dim=(-1, -2))


def rmse_distance(a, b):
    return (a - b).pow(2).sqrt().mean(dim=(-1, -2))


# %% wrong="distances: only along the rows"
def l1_distance(a, b):
    return (a - b).abs().mean(dim=-1)


def rmse_distance(a, b):
    return (a - b).pow(2).mean(dim=-1).sqrt()


# %% equivalent="is_3: a distance is the same both ways"
# - return distance(pictures, three) < distance(pictures, seven)
# + return distance(three, pictures) < distance(pictures, seven)

# %% equivalent="is_3: a distance is the same both ways, to the seven too"
# - return distance(pictures, three) < distance(pictures, seven)
# + return distance(pictures, three) < distance(seven, pictures)


# %% right="is_3: by a difference and an assertion of our own"
def is_3(pictures, three, seven, distance):
    advantage = distance(pictures, seven) - distance(pictures, three)
    return advantage > 0


def accuracy(answers, labels):
    if tuple(answers.shape) != tuple(labels.shape):
        raise ValueError("answers and labels must have the same shape")
    return (answers == labels).sum().item() / labels.numel()


# %% right="is_3: distances first, mean of doubles"
def is_3(pictures, three, seven, distance):
    to_three, to_seven = distance(pictures, three), distance(pictures, seven)
    return torch.lt(to_three, to_seven)


def accuracy(answers, labels):
    if answers.dim() != labels.dim() or answers.shape != labels.shape:
        raise ValueError("shapes differ")
    return torch.eq(answers, labels).double().mean().float()


# %% wrong="is_3: the larger distance wins"
def is_3(pictures, three, seven, distance):
    return distance(pictures, three) > distance(pictures, seven)


def accuracy(answers, labels):
    if answers.shape != labels.shape:
        raise ValueError("shapes differ")
    return (answers == labels).float().mean()


# %% wrong="is_3: its own distance"
def is_3(pictures, three, seven, distance):
    def own(a, b):
        return (a - b).abs().mean((-1, -2))

    return own(pictures, three) < own(pictures, seven)


def accuracy(answers, labels):
    if answers.shape != labels.shape:
        raise ValueError("shapes differ")
    return (answers == labels).float().mean()


# %% wrong="is_3: accuracy does not look at the shapes"
def is_3(pictures, three, seven, distance):
    return distance(pictures, three) < distance(pictures, seven)


def accuracy(answers, labels):
    return (answers == labels).float().mean()


# %% wrong="is_3: accuracy by a logical and"
def is_3(pictures, three, seven, distance):
    return distance(pictures, three) < distance(pictures, seven)


def accuracy(answers, labels):
    if answers.shape != labels.shape:
        raise ValueError("shapes differ")
    return (answers & labels).float().mean()


# %% wrong="is_3: counts the right answers"
def is_3(pictures, three, seven, distance):
    return distance(pictures, three) < distance(pictures, seven)


def accuracy(answers, labels):
    if answers.shape != labels.shape:
        raise ValueError("shapes differ")
    return (answers == labels).sum()


# %% wrong="stack_pictures: in double precision"
def stack_pictures(pictures):
    return torch.stack(pictures).double() / 255


# %% wrong="stack_pictures: 256 greys"
def stack_pictures(pictures):
    return torch.stack(pictures).float() / 256


# %% wrong="stack_pictures: empties the list that it was given"
def stack_pictures(pictures):
    stacked = []
    while pictures:
        stacked.append(pictures.pop(0).float() / 255)
    return torch.stack(stacked)


# %% wrong="summarise: heaviest by the largest norm"
def summarise(pictures):
    template = pictures.mean(dim=0)
    ink = pictures.mean(dim=(1, 2))
    heaviest = pictures[pictures.pow(2).sum(dim=(1, 2)).argmax()]
    return template, ink, heaviest


# %% wrong="summarise: heaviest by its blackest pixel"
def summarise(pictures):
    template = pictures.mean(dim=0)
    ink = pictures.mean(dim=(1, 2))
    heaviest = pictures[pictures.amax(dim=(1, 2)).argmax()]
    return template, ink, heaviest


# %% wrong="summarise: the median picture"
def summarise(pictures):
    template = pictures.median(dim=0).values
    ink = pictures.mean(dim=(1, 2))
    heaviest = pictures[ink.argmax()]
    return template, ink, heaviest


# %% wrong="distances: subtracts in place"
def l1_distance(a, b):
    a -= b
    return a.abs().mean(dim=(-1, -2))


def rmse_distance(a, b):
    return (a - b).pow(2).mean(dim=(-1, -2)).sqrt()


# %% wrong="distances: only one picture or one stack"
def l1_distance(a, b):
    return (a - b).abs().flatten(max(0, a.dim() - 2)).mean(-1) if a.dim() < 4 else (a - b).abs().mean()


def rmse_distance(a, b):
    return (a - b).pow(2).mean(dim=(-1, -2)).sqrt()


# %% wrong="is_3: a tie is a three"
def is_3(pictures, three, seven, distance):
    return distance(pictures, three) <= distance(pictures, seven)


def accuracy(answers, labels):
    if answers.shape != labels.shape:
        raise ValueError("shapes differ")
    return (answers == labels).float().mean()


# %% wrong="is_3: accuracy compares only the number of axes"
def is_3(pictures, three, seven, distance):
    return distance(pictures, three) < distance(pictures, seven)


def accuracy(answers, labels):
    if answers.dim() != labels.dim():
        raise ValueError("shapes differ")
    return (answers == labels).float().mean()


# %% wrong="is_3: accuracy compares only lengths"
def is_3(pictures, three, seven, distance):
    return distance(pictures, three) < distance(pictures, seven)


def accuracy(answers, labels):
    if len(answers) != len(labels):
        raise ValueError("shapes differ")
    return (answers == labels).float().mean()


# %% wrong="is_3: accuracy compares how many numbers there are"
def is_3(pictures, three, seven, distance):
    return distance(pictures, three) < distance(pictures, seven)


def accuracy(answers, labels):
    if answers.numel() != labels.numel():
        raise ValueError("shapes differ")
    return (answers.flatten() == labels.flatten()).float().mean()


# %% wrong="stack_pictures: squeezes pictures of one row"
def stack_pictures(pictures):
    return torch.stack(pictures).squeeze(1).float() / 255


# %% wrong="stack_pictures: bytes of 2 or less are taken for floats"
def stack_pictures(pictures):
    stacked = torch.stack(pictures).float()
    return stacked / 255 if stacked.max() > 2 else stacked


# %% wrong="stack_pictures: room for a hundred"
def stack_pictures(pictures):
    return torch.stack(pictures[:100]).float() / 255


# %% wrong="summarise: a single picture loses its axis"
def summarise(pictures):
    ink = pictures.mean(dim=(1, 2))
    return pictures.mean(dim=0), ink.squeeze(), pictures[ink.argmax()]


# %% wrong="summarise: the template of the first 32"
def summarise(pictures):
    ink = pictures.mean(dim=(1, 2))
    return pictures[:32].mean(dim=0), ink, pictures[ink.argmax()]


# %% wrong="distances: a little is added under the root"
def l1_distance(a, b):
    return (a - b).abs().mean(dim=(-1, -2))


def rmse_distance(a, b):
    return ((a - b).pow(2).mean(dim=(-1, -2)) + 1e-12).sqrt()


# %% wrong="distances: only a may be a stack"
def l1_distance(a, b):
    return (a - b).abs().mean(dim=tuple(range(a.dim()))[-2:])


def rmse_distance(a, b):
    return (a - b).pow(2).mean(dim=tuple(range(a.dim()))[-2:]).sqrt()


# %% wrong="is_3: near enough counts as a tie"
def is_3(pictures, three, seven, distance):
    return distance(pictures, three) + 1e-3 < distance(pictures, seven)


def accuracy(answers, labels):
    if answers.shape != labels.shape:
        raise ValueError("shapes differ")
    return (answers == labels).float().mean()


# %% wrong="is_3: shapes that differ in order only"
def is_3(pictures, three, seven, distance):
    return distance(pictures, three) < distance(pictures, seven)


def accuracy(answers, labels):
    if sorted(answers.shape) != sorted(labels.shape):
        raise ValueError("shapes differ")
    return (answers.flatten() == labels.flatten()).float().mean()


# %% wrong="is_3: labels that are nearly equal"
def is_3(pictures, three, seven, distance):
    return distance(pictures, three) < distance(pictures, seven)


def accuracy(answers, labels):
    if answers.shape != labels.shape:
        raise ValueError("shapes differ")
    return torch.isclose(answers.float(), labels.float()).float().mean()


# %% equivalent="stack_pictures: the docstring asks for float32"
# keeper: returns float64


# %% wrong="is_3: a list of True and False"
def is_3(pictures, three, seven, distance):
    return [bool(distance(picture, three) < distance(picture, seven)) for picture in pictures]


def accuracy(answers, labels):
    if answers.shape != labels.shape:
        raise ValueError("the shapes differ")
    return (answers == labels).float().mean()


# %% right="is_3: the share as a plain number"
def is_3(pictures, three, seven, distance):
    return distance(pictures, seven) > distance(pictures, three)


def accuracy(answers, labels):
    if answers.shape != labels.shape:
        raise ValueError(f"{answers.shape} and {labels.shape}")
    return (
        sum(one == other for one, other in zip(answers.flatten().tolist(), labels.flatten().tolist())) / answers.numel()
    )


# %% [markdown] explains="stack_pictures"
# `stack` makes the axis that was missing: n tables of (height, width) become one tensor of (n, height, width). `cat`
# would glue the pictures together along an axis that they have already, into one tall sheet of paper, and where a
# picture ends would be forgotten.
#
# Why 255, and not the largest number at hand? With `x / x.max()` a faint picture is stretched to full ink, so the same
# byte means one thing in one batch and another in the next, and a blank sheet becomes 0/0, which is `nan`. A scale has
# to be the same for all pictures, those that come next year included. `.float()` comes before the division, so that
# whoever reads the line need not remember that torch divides bytes as floats and refuses to do so in place.

# %% [markdown] explains="summarise"
# Say first which shape you want, and the axis follows. The template has no picture axis left, so `dim=0` disappears;
# the ink has nothing but the picture axis left, so rows and columns go, both at once, `(1, 2)`. From (3, 4, 5) they
# leave (4, 5) and (3,): if your shapes say something else, the wrong axis is gone.
#
# `ink.argmax()` is a place among the n pictures, and indexing the stack with it takes out a whole picture.
# `pictures.amax(dim=0)` looks similar and is another thing: the darkest value that each pixel has in *any* picture, a
# sheet that nobody ever wrote. And `pictures.argmax()` counts through all pixels of all pictures; besides, the picture
# with the blackest pixel need not be the one with the most ink.

# %% [markdown] explains="distances"
# Read the formulas from the inside out: difference, then size or square, then mean, and for RMSE the root as the very
# last. The order matters. The root of each single square is its size again, so "root before the mean" is L1 under
# another name. A root for each row and then a mean over the rows is neither of the two.
#
# Negative axes count from the end. A picture and a stack have their rows and columns in the last two places, so
# `(-1, -2)` means the same in both. With `mean()` over everything a stack of n pictures would give one number, and
# `is_3` could no longer ask about each. By hand: differences 1, 0, −1, 0 have the L1 distance 2/4 and the RMSE
# $\sqrt{2/4} \approx 0.71$; without the absolute value the first would be 0.

# %% [markdown] explains="is_3"
# `distance` makes one number a picture, and `<` compares two rows of such numbers place by place: one bool a picture,
# no loop, for any stack and any distance. A tie is not smaller, so it is False without a line of its own. If you call
# `l1_distance` inside, the function works for L1 and quietly ignores what it was given.
#
# In `accuracy` the shapes are compared, not only the lengths. Four answers of shape (4,) and labels of shape (4, 1)
# have the same length, and `==` makes 16 numbers of them: each answer meets *every* label. The share of these is near
# what guessing would get, and no error says why. You will meet this trap once more in the last exercise of this lesson,
# where it costs a colleague an afternoon.
