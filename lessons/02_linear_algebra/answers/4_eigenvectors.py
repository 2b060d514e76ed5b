# Answers to the exercises of 4_eigenvectors.py, right and wrong: what `course audit` grades. No student sees them.

# %% right="eigen_powers: by the quadratic formula and by repeated products"
def eigenvalues_2x2(a):
    trace, product = a.trace(), torch.linalg.det(a)
    root = torch.sqrt(trace**2 - 4 * product)
    return (trace + root) / 2, (trace - root) / 2


def power(a, k):
    result = torch.eye(len(a))
    for _ in range(k):
        result = result @ a
    return result


# %% right="eigen_powers: by the library"
def eigenvalues_2x2(a):
    values = torch.linalg.eigvals(a).real
    return values.max(), values.min()


def power(a, k):
    values, vectors = torch.linalg.eig(a.double())
    return ((vectors * values**k) @ torch.linalg.inv(vectors)).real


# %% wrong="eigen_powers: symmetric matrices only"
def eigenvalues_2x2(a):
    mean, product = a.trace() / 2, torch.linalg.det(a)
    spread = (mean**2 - product).sqrt()
    return mean + spread, mean - spread


def power(a, k):
    values, vectors = torch.linalg.eig(a)
    return (vectors @ torch.diag(values**k) @ vectors.T).real


# %% wrong="eigen_powers: powers of the entries"
def eigenvalues_2x2(a):
    mean, product = a.trace() / 2, torch.linalg.det(a)
    spread = (mean**2 - product).sqrt()
    return mean + spread, mean - spread


def power(a, k):
    return a**k


# %% wrong="eigen_powers: the whole trace"
def eigenvalues_2x2(a):
    mean, product = a.trace(), torch.linalg.det(a)
    spread = (mean**2 - product).sqrt()
    return mean + spread, mean - spread


def power(a, k):
    return torch.linalg.matrix_power(a, k)


# %% wrong="eigen_powers: the diagonal"
def eigenvalues_2x2(a):
    return a.diagonal().max(), a.diagonal().min()


def power(a, k):
    return torch.linalg.matrix_power(a, k)


# %% wrong="eigen_powers: multiplies the eigenvalues instead of raising them"
def eigenvalues_2x2(a):
    mean, product = a.trace() / 2, torch.linalg.det(a)
    spread = (mean**2 - product).sqrt()
    return mean + spread, mean - spread


def power(a, k):
    values, vectors = torch.linalg.eig(a)
    return (vectors @ torch.diag(values * k) @ torch.linalg.inv(vectors)).real


# %% wrong="eigen_powers: larger and smaller by size"
def eigenvalues_2x2(a):
    mean = (a[0, 0] + a[1, 1]) / 2
    spread = (mean**2 - torch.linalg.det(a)).sqrt()
    first, second = mean + spread, mean - spread
    return (first, second) if first.abs() >= second.abs() else (second, first)


def power(a, k):
    values, vectors = torch.linalg.eig(a)
    return (vectors @ torch.diag(values**k) @ torch.linalg.inv(vectors)).real


# %% wrong="eigen_powers: the power by the library"
def eigenvalues_2x2(a):
    mean = (a[0, 0] + a[1, 1]) / 2
    spread = (mean**2 - torch.linalg.det(a)).sqrt()
    return mean + spread, mean - spread


def power(a, k):
    return torch.linalg.matrix_power(a, k)


# %% equivalent="power_iteration: the form is the same from either side"
# - return (vector @ a @ vector, vector)
# + return (vector @ (vector @ a), vector)

# %% equivalent="power_iteration: the form of a transpose is the same"
# - return (vector @ a @ vector, vector)
# + return (a @ vector @ vector, vector)


# %% right="power_iteration: Rayleigh quotient, in double precision"
def power_iteration(a, start, steps):
    a, vector = a.double(), start.double()
    for _ in range(steps):
        vector = torch.nn.functional.normalize(a @ vector, dim=0)
    return (vector @ (a @ vector)) / (vector @ vector), vector


# %% right="power_iteration: as a column"
def power_iteration(a, start, steps):
    column = start[:, None]
    while steps > 0:
        column = a @ column
        column = column / torch.linalg.vector_norm(column)
        steps -= 1
    return (column.T @ a @ column)[0, 0], column[:, 0]


# %% wrong="power_iteration: eigenvalue by the length"
def power_iteration(a, start, steps):
    vector = start
    for _ in range(steps):
        vector = a @ vector
        vector = vector / vector.norm()
    return (a @ vector).norm(), vector


# %% wrong="power_iteration: scales at the end only"
def power_iteration(a, start, steps):
    vector = start
    for _ in range(steps):
        vector = a @ vector
    vector = vector / vector.norm()
    return vector @ a @ vector, vector


# %% wrong="power_iteration: one step too many"
def power_iteration(a, start, steps):
    vector = start
    for _ in range(steps + 1):
        vector = a @ vector
        vector = vector / vector.norm()
    return vector @ a @ vector, vector


# %% wrong="power_iteration: scales by the largest entry"
def power_iteration(a, start, steps):
    vector = start
    for _ in range(steps):
        vector = a @ vector
        vector = vector / vector.abs().max()
    return (vector @ a @ vector) / (vector @ vector), vector


# %% wrong="power_iteration: multiplies by the rows"
def power_iteration(a, start, steps):
    vector = start
    for _ in range(steps):
        vector = vector @ a
        vector = vector / vector.norm()
    return vector @ a @ vector, vector


# %% wrong="power_iteration: a ratio of entries for the form"
def power_iteration(a, start, steps):
    vector = start
    for _ in range(steps):
        vector = a @ vector / (a @ vector).norm()
    place = vector.abs().argmax()
    return (a @ vector)[place] / vector[place], vector


# %% wrong="power_iteration: the form at the vector before the last step"
def power_iteration(a, start, steps):
    vector = start
    for _ in range(steps):
        before = vector / vector.norm()
        vector = a @ vector / (a @ vector).norm()
    return before @ a @ before, vector


# %% wrong="power_iteration: by the library's eigenvectors"
def power_iteration(a, start, steps):
    values, vectors = torch.linalg.eig(a)
    shares = torch.linalg.solve(vectors, start.to(vectors.dtype)) * (values / values.abs().max()) ** steps
    vector = (vectors @ shares).real
    vector = vector / vector.norm()
    return vector @ a @ vector, vector


# %% wrong="power_iteration: stops as soon as a step hardly moves the vector"
def power_iteration(a, start, steps):
    v = start
    for _ in range(steps):
        m = a @ v / (a @ v).norm()
        if (m - v).norm() < 1e-5:
            break
        v = m
    return v @ a @ v, v


# %% wrong="eigen_powers: complex eigenvectors are taken for orthogonal"
def eigenvalues_2x2(a):
    m = (a[0, 0] + a[1, 1]) / 2
    s = (m**2 - (a[0, 0] * a[1, 1] - a[0, 1] * a[1, 0])).sqrt()
    return m + s, m - s


def power(a, k):
    v, w = torch.linalg.eig(a)
    if v.imag.abs().max() > 0:
        return (w @ torch.diag(v**k) @ w.mH).real
    return (w @ torch.diag(v**k) @ torch.linalg.inv(w)).real


# %% right="low_rank: by outer products"
def low_rank(a, k):
    u, s, vh = torch.linalg.svd(a, full_matrices=False)
    approximation = sum(s[j] * torch.outer(u[:, j], vh[j]) for j in range(k))
    return approximation, torch.linalg.matrix_norm(a - approximation), torch.linalg.matrix_norm(a, 2)


# %% right="low_rank: by numpy"
def low_rank(a, k):
    import numpy as np

    u, s, vh = np.linalg.svd(a.numpy(), full_matrices=False)
    approximation = (u[:, :k] * s[:k]) @ vh[:k, :]
    return tuple(map(torch.tensor, (approximation, np.sqrt((s[k:] ** 2).sum()), s.max())))


# %% right="low_rank: the shadow on the first columns of u, in double precision"
def low_rank(a, k):
    u, s, _ = torch.linalg.svd(a.double(), full_matrices=False)
    best = u[:, :k] @ (u[:, :k].T @ a.double())
    return best, (a.double() - best).norm(), s.max()


# %% wrong="low_rank: takes vh for v"
def low_rank(a, k):
    u, s, vh = torch.linalg.svd(a, full_matrices=False)
    approximation = u[:, :k] @ torch.diag(s[:k]) @ vh[:, :k].T
    return approximation, s[k:].square().sum().sqrt(), s[0]


# %% wrong="low_rank: rank k plus one"
def low_rank(a, k):
    u, s, vh = torch.linalg.svd(a)
    approximation = u[:, : k + 1] @ torch.diag(s[: k + 1]) @ vh[: k + 1]
    return approximation, s[k + 1 :].square().sum().sqrt(), s[0]


# %% wrong="low_rank: adds up the values that are left out"
def low_rank(a, k):
    u, s, vh = torch.linalg.svd(a)
    return u[:, :k] @ torch.diag(s[:k]) @ vh[:k], s[k:].sum(), s[0]


# %% wrong="low_rank: Frobenius for spectral"
def low_rank(a, k):
    u, s, vh = torch.linalg.svd(a)
    return u[:, :k] @ torch.diag(s[:k]) @ vh[:k], s[k:].square().sum().sqrt(), s.square().sum().sqrt()


# %% wrong="low_rank: cuts the picture"
def low_rank(a, k):
    s = torch.linalg.svdvals(a)
    approximation = torch.zeros_like(a)
    approximation[:k, :k] = a[:k, :k]
    return approximation, s[k:].square().sum().sqrt(), s[0]


# %% equivalent="subspaces: a tensor of one whole number cuts as an int does"
# - rank = int((s > tiny * s[0]).sum())
# + rank = (s > tiny * s[0]).sum()


# %% right="subspaces: by the library's rank, in double precision"
def subspaces(a, tiny):
    a = a.double()
    rank = torch.linalg.matrix_rank(a, rtol=tiny, atol=0.0).item()
    left, _, right = torch.linalg.svd(a, full_matrices=True)
    return rank, left[:, :rank], right[rank:, :].mT


# %% right="subspaces: by eigenvectors of the two products"
def subspaces(a, tiny):
    a = a.double()
    values, left = torch.linalg.eigh(a @ a.T)
    _, right = torch.linalg.eigh(a.T @ a)
    rank = int((values > tiny**2 * values[-1]).sum()) if a.any() else 0
    return rank, left[:, len(left) - rank :], right[:, : a.shape[1] - rank]


# %% right="subspaces: QR completes the basis"
def subspaces(a, tiny):
    u, s, vh = torch.linalg.svd(a, full_matrices=False)
    r = sum(1 for v in s.tolist() if v > tiny * s.max().item())
    full = torch.linalg.qr(vh[:r].T, mode="complete").Q if r else torch.eye(a.shape[1])
    return r, u[:, :r], full[:, r:]


# %% wrong="subspaces: counts every value that is not exactly zero"
def subspaces(a, tiny):
    u, s, vh = torch.linalg.svd(a)
    rank = int((s != 0).sum())
    return rank, u[:, :rank], vh[rank:].T


# %% wrong="subspaces: tiny as a size"
def subspaces(a, tiny):
    u, s, vh = torch.linalg.svd(a)
    rank = int((s > tiny).sum())
    return rank, u[:, :rank], vh[rank:].T


# %% wrong="subspaces: the null space of the transpose"
def subspaces(a, tiny):
    u, s, _ = torch.linalg.svd(a)
    rank = int((s > tiny * s[0]).sum())
    return rank, u[:, :rank], u[:, rank:]


# %% wrong="subspaces: the reduced decomposition loses the null space"
def subspaces(a, tiny):
    u, s, vh = torch.linalg.svd(a, full_matrices=False)
    rank = int((s > tiny * s[0]).sum())
    return rank, u[:, :rank], vh[rank:].T


# %% wrong="subspaces: the row space instead of the null space"
def subspaces(a, tiny):
    u, s, vh = torch.linalg.svd(a)
    rank = int((s > tiny * s[0]).sum())
    return rank, u[:, :rank], vh[:rank].T


# %% wrong="subspaces: tiny as a share of the sum"
def subspaces(a, tiny):
    u, s, vh = torch.linalg.svd(a)
    rank = int((s > tiny * s.sum()).sum())
    return rank, u[:, :rank], vh[rank:].T


# %% wrong="subspaces: a singular value on the border counts"
def subspaces(a, tiny):
    u, s, vh = torch.linalg.svd(a)
    r = int((s >= tiny * s[0]).sum()) if s[0] > 0 else 0
    return r, u[:, :r], vh[r:].T


# %% wrong="subspaces: the null space of the transpose when a is square"
def subspaces(a, tiny):
    u, s, vh = torch.linalg.svd(a)
    r = int((s > tiny * s[0]).sum())
    return r, u[:, :r], vh[r:].T if a.shape[0] != a.shape[1] or r < 2 else u[:, r:]


# %% wrong="low_rank: small singular values are taken for zero"
def low_rank(a, k):
    u, s, vh = torch.linalg.svd(a)
    s = torch.where(s < 0.01, 0 * s, s)
    return u[:, :k] @ torch.diag(s[:k]) @ vh[:k], s[k:].square().sum().sqrt(), s[0]


# %% wrong="eigen_powers: the power as a list of rows"
def eigenvalues_2x2(a):
    mean, product = a.trace() / 2, torch.linalg.det(a)
    root = (mean**2 - product).sqrt()
    return mean + root, mean - root


def power(a, k):
    values, vectors = torch.linalg.eig(a)
    return list((vectors @ torch.diag(values**k) @ torch.linalg.inv(vectors)).real)
