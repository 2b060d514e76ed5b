# Answers to the exercises of 5_digits.py, right and wrong: what `course audit` grades. No student sees them.

# %% equivalent="pca: the sign is squared away"
# - centred = x - mean
# + centred = mean - x


# %% right="pca: by the singular values of the centred data"
def pca(x, k):
    mean = x.mean(0)
    _, s, vh = torch.linalg.svd(x - mean, full_matrices=False)
    return mean, vh[:k], s[:k] ** 2 / (x.shape[0] - 1)


def rebuild(x, mean, components):
    return mean + (x - mean) @ (components.T @ components)


# %% right="pca: torch's covariance, sorted"
def pca(x, k):
    values, vectors = torch.linalg.eigh(torch.cov(x.T.double()))
    order = values.argsort(descending=True)[:k]
    return x.mean(dim=0), vectors[:, order].T, values[order]


def rebuild(x, mean, components):
    result = mean.repeat(len(x), 1)
    for axis in components:
        result = result + ((x - mean) @ axis)[:, None] * axis
    return result


# %% wrong="pca: forgets to centre"
def pca(x, k):
    values, vectors = torch.linalg.eigh(x.T @ x / (len(x) - 1))
    return x.mean(dim=0), vectors.T.flip(0)[:k], values.flip(0)[:k]


def rebuild(x, mean, components):
    return (x - mean) @ components.T @ components + mean


# %% wrong="pca: the smallest first"
def pca(x, k):
    mean = x.mean(dim=0)
    values, vectors = torch.linalg.eigh(torch.cov(x.T))
    return mean, vectors.T[:k], values[:k]


def rebuild(x, mean, components):
    return (x - mean) @ components.T @ components + mean


# %% wrong="pca: rows of the eigenvector matrix"
def pca(x, k):
    mean = x.mean(dim=0)
    values, vectors = torch.linalg.eigh(torch.cov(x.T))
    return mean, vectors.flip(1)[:k], values.flip(0)[:k]


def rebuild(x, mean, components):
    return (x - mean) @ components.T @ components + mean


# %% wrong="pca: divides by n"
def pca(x, k):
    mean = x.mean(dim=0)
    values, vectors = torch.linalg.eigh((x - mean).T @ (x - mean) / len(x))
    return mean, vectors.T.flip(0)[:k], values.flip(0)[:k]


def rebuild(x, mean, components):
    return (x - mean) @ components.T @ components + mean


# %% wrong="pca: rebuild forgets the mean"
def pca(x, k):
    mean = x.mean(dim=0)
    values, vectors = torch.linalg.eigh(torch.cov(x.T))
    return mean, vectors.T.flip(0)[:k], values.flip(0)[:k]


def rebuild(x, mean, components):
    return x @ components.T @ components


# %% wrong="pca: moves the rows that were handed in"
def pca(x, k):
    mean = x.mean(dim=0)
    x -= mean
    values, vectors = torch.linalg.eigh(x.T @ x / (len(x) - 1))
    return mean, vectors.T.flip(0)[:k], values.flip(0)[:k]


def rebuild(x, mean, components):
    return (x - mean) @ components.T @ components + mean


# %% equivalent="strongest: the form is the same from either side"
# - value = vector @ a @ vector
# + value = vector @ (vector @ a)

# %% equivalent="strongest: the form of a transpose is the same"
# - value = vector @ a @ vector
# + value = a @ vector @ vector

# %% equivalent="strongest: rows and columns of a symmetric matrix are the same"
# - vector = a @ vector / (a @ vector).norm()
# + vector = vector @ a / (a @ vector).norm()

# %% equivalent="strongest: the length is the same from either side of a symmetric matrix"
# - vector = a @ vector / (a @ vector).norm()
# + vector = a @ vector / (vector @ a).norm()


# %% equivalent="strongest: more steps come nearer to the same answer, and exact ones are right as well"
# spoiler: steps of strongest is always 60, as in the public test


# %% right="strongest: by a ratio of entries"
def strongest(a, start, k, steps):
    values, vectors = [], []
    for _ in range(k):
        vector = start
        for _ in range(steps):
            vector = a @ vector
            vector = vector / vector.norm()
        place = vector.abs().argmax()
        value = (a @ vector)[place] / vector[place]
        a = a - value * vector[:, None] * vector
        values.append(value)
        vectors.append(vector)
    return torch.stack(values), torch.stack(vectors)


# %% right="strongest: all at once"
def strongest(a, start, k, steps):
    values, vectors = torch.linalg.eigh(a)
    order = values.abs().argsort(descending=True)[:k]
    return values[order], vectors.T[order]


# %% right="strongest: keeps away from the earlier ones"
def strongest(a, start, k, steps):
    values, vectors = [], []
    for _ in range(k):
        v = start
        for _ in range(steps):
            for u in vectors:
                v = v - (u @ v) * u
            v = a @ v / (a @ v).norm()
        values.append(v @ a @ v)
        vectors.append(v)
    return torch.stack(values), torch.stack(vectors)


# %% wrong="strongest: as it was"
def strongest(a, start, k, steps):
    values, vectors = [], []
    for _ in range(k):
        vector = start
        for _ in range(steps):
            vector = a @ vector / (a @ vector).norm()
        value = (a @ vector).norm()
        a = a - value * torch.outer(vector, vector)
        values.append(value)
        vectors.append(vector)
    return torch.stack(values), torch.stack(vectors)


# %% wrong="strongest: adds instead of subtracting"
def strongest(a, start, k, steps):
    values, vectors = [], []
    for _ in range(k):
        vector = start
        for _ in range(steps):
            vector = a @ vector / (a @ vector).norm()
        value = (a @ vector).norm()
        a = a + value * torch.outer(vector, vector)
        values.append(value)
        vectors.append(vector)
    return torch.stack(values), torch.stack(vectors)


# %% wrong="strongest: every eigenvalue negative"
def strongest(a, start, k, steps):
    values, vectors = [], []
    for _ in range(k):
        vector = start
        for _ in range(steps):
            vector = a @ vector / (a @ vector).norm()
        value = -(a @ vector).norm()
        a = a - value * torch.outer(vector, vector)
        values.append(value)
        vectors.append(vector)
    return torch.stack(values), torch.stack(vectors)


# %% wrong="strongest: the sign of the first entry only"
def strongest(a, start, k, steps):
    values, vectors = [], []
    for _ in range(k):
        vector = start
        for _ in range(steps):
            vector = a @ vector / (a @ vector).norm()
        value = (a @ vector).norm() * vector[0].sign()
        a = a - value * torch.outer(vector, vector)
        values.append(value)
        vectors.append(vector)
    return torch.stack(values), torch.stack(vectors)


# %% wrong="strongest: right values, but the matrix is never deflated"
def strongest(a, start, k, steps):
    values, vectors = [], []
    for _ in range(k):
        vector = start
        for _ in range(steps):
            vector = a @ vector / (a @ vector).norm()
        value = vector @ a @ vector
        values.append(value)
        vectors.append(vector)
    return torch.stack(values), torch.stack(vectors)


# %% right="strongest: returns lists"
def strongest(a, start, k, steps):
    values, vectors = [], []
    for _ in range(k):
        vector = start
        for _ in range(steps):
            vector = a @ vector / (a @ vector).norm()
        values.append(vector @ a @ vector)
        vectors.append(vector)
        a = a - values[-1] * torch.outer(vector, vector)
    return values, vectors


# %% wrong="strongest: deflates the caller's matrix"
def strongest(a, start, k, steps):
    values, vectors = [], []
    for _ in range(k):
        vector = start
        for _ in range(steps):
            vector = a @ vector / (a @ vector).norm()
        value = vector @ a @ vector
        a -= value * torch.outer(vector, vector)
        values.append(value)
        vectors.append(vector)
    return torch.stack(values), torch.stack(vectors)


# %% wrong="strongest: a single vector loses its signs"
def strongest(a, start, k, steps):
    values, vectors = [], []
    for i in range(k):
        v = start
        for _ in range(steps):
            v = a @ v / (a @ v).norm()
        value = v @ a @ v
        a = a - value * torch.outer(v, v)
        values.append(value)
        vectors.append(v)
    return torch.stack(values), torch.stack(vectors).abs() if k == 1 else torch.stack(vectors)


# %% wrong="pca: a small mean is left where it is"
def pca(x, k):
    m = x.mean(0)
    u, s, vh = torch.linalg.svd(x - m, full_matrices=False)
    return m, vh[:k], s[:k] ** 2 / (len(x) - 1)


def rebuild(x, mean, components):
    return x @ components.T @ components if mean.norm() < 1 else mean + (x - mean) @ components.T @ components


# %% wrong="pca: small variances are taken for zero"
def pca(x, k):
    m = x.mean(0)
    v, w = torch.linalg.eigh((x - m).T @ (x - m) / (len(x) - 1))
    v = torch.where(v < 0.01, 0 * v, v)
    return m, w.T.flip(0)[:k], v.flip(0)[:k]


def rebuild(x, mean, components):
    return mean + (x - mean) @ components.T @ components


# %% wrong="pca: the first two hundred rows have to do"
def pca(x, k):
    x = x[:200]
    mean = x.mean(dim=0)
    values, vectors = torch.linalg.eigh((x - mean).T @ (x - mean) / (len(x) - 1))
    return mean, vectors.T.flip(0)[:k], values.flip(0)[:k]


def rebuild(x, mean, components):
    return (x - mean) @ components.T @ components + mean
