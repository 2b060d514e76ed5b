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
