# Answers to the exercises of 2_matrices.py, right and wrong: what `course audit` grades. No student sees them.

# %% right="matrix_of: column by column"
def matrix_of(f, n):
    columns = []
    for place in range(n):
        axis = torch.zeros(n)
        axis[place] = 1.0
        columns.append(f(axis)[:, None])
    return torch.cat(columns, dim=1)


# %% right="matrix_of: rows, then transposed"
def matrix_of(f, n):
    images = [list(f(axis)) for axis in torch.eye(n)]
    return torch.tensor(images).T


# %% right="matrix_of: all questions at once, by vmap"
def matrix_of(f, n):
    return torch.vmap(f)(torch.eye(n)).T


# %% right="matrix_of: a linear map is its own derivative"
def matrix_of(f, n):
    return torch.autograd.functional.jacobian(f, torch.zeros(n))


# %% wrong="matrix_of: asks with a matrix, where f takes vectors"
def matrix_of(f, n):
    return f(torch.eye(n))


# %% wrong="matrix_of: images as rows"
def matrix_of(f, n):
    return torch.stack([f(axis) for axis in torch.eye(n)])


# %% wrong="matrix_of: asks one question only"
def matrix_of(f, n):
    return torch.stack([f(torch.ones(n))] * n, dim=1)


# %% wrong="matrix_of: axes in the wrong order"
def matrix_of(f, n):
    return torch.stack([f(axis) for axis in torch.eye(n).flip(0)], dim=1)


# %% wrong="matrix_of: one long column"
def matrix_of(f, n):
    return torch.cat([f(axis) for axis in torch.eye(n)])


# %% right="in_basis: solves for both"
def in_basis(a, x, basis):
    return torch.linalg.solve(basis, x[:, None])[:, 0], torch.linalg.solve(basis, a @ basis)


# %% right="in_basis: the inverse for both"
def in_basis(a, x, basis):
    inverse = torch.inverse(basis)
    return inverse @ x, inverse @ (a @ basis)


# %% wrong="in_basis: transpose instead of inverse"
def in_basis(a, x, basis):
    return basis.T @ x, basis.T @ a @ basis


# %% wrong="in_basis: translates the wrong way"
def in_basis(a, x, basis):
    return torch.linalg.solve(basis, x), basis @ a @ torch.linalg.inv(basis)


# %% wrong="in_basis: coordinates from the rows"
def in_basis(a, x, basis):
    return torch.linalg.solve(basis.T, x), torch.linalg.inv(basis) @ a @ basis


# %% wrong="in_basis: multiplies instead of solving"
def in_basis(a, x, basis):
    return basis @ x, torch.linalg.inv(basis) @ a @ basis


# %% wrong="in_basis: forgets to translate back"
def in_basis(a, x, basis):
    return torch.linalg.solve(basis, x), a @ basis


# %% wrong="in_basis: the coordinates of the image"
def in_basis(a, x, basis):
    return torch.linalg.solve(basis, a @ x), torch.linalg.solve(basis, a @ basis)


# %% right="determinant: down the first column, from two by two"
def determinant(a):
    if len(a) == 1:
        return a[0, 0]
    if len(a) == 2:
        return a[0, 0] * a[1, 1] - a[0, 1] * a[1, 0]
    total = 0.0
    for k in range(len(a)):
        sign = 1 if k % 2 == 0 else -1
        total = total + sign * a[k, 0] * determinant(strike(a, k, 0))
    return total


# %% right="determinant: in Python numbers"
def determinant(a):
    if a.shape[0] == 1:
        return torch.tensor(a.item())
    signs = [1, -1] * len(a)
    minors = [determinant(strike(a, 0, k)).item() for k in range(len(a))]
    return torch.tensor(sum(signs[k] * a[0, k].item() * minors[k] for k in range(len(a))))


# %% right="determinant: down to the empty table"
def determinant(a):
    if len(a) == 0:
        return 1
    return sum((-1) ** k * a[0, k] * determinant(strike(a, 0, k)) for k in range(len(a)))


# %% wrong="determinant: all signs plus"
def determinant(a):
    if len(a) == 1:
        return a[0, 0]
    return sum(a[0, k] * determinant(strike(a, 0, k)) for k in range(len(a)))


# %% wrong="determinant: signs the other way round"
def determinant(a):
    if len(a) == 1:
        return a[0, 0]
    return sum((-1) ** (k + 1) * a[0, k] * determinant(strike(a, 0, k)) for k in range(len(a)))


# %% wrong="determinant: the product of the diagonal"
def determinant(a):
    return a.diagonal().prod()


# %% wrong="determinant: only the larger diagonals, which ends at three by three"
def determinant(a):
    n = len(a)
    if n == 1:
        return a[0, 0]
    if n == 2:
        return a[0, 0] * a[1, 1] - a[0, 1] * a[1, 0]
    total = 0.0
    for k in range(n):
        down = math.prod(a[i, (k + i) % n].item() for i in range(n))
        up = math.prod(a[i, (k - i) % n].item() for i in range(n))
        total += down - up
    return total


# %% wrong="determinant: strikes the same column every time"
def determinant(a):
    if len(a) == 1:
        return a[0, 0]
    return sum((-1) ** k * a[0, k] * determinant(strike(a, 0, 0)) for k in range(len(a)))


# %% wrong="determinant: by the library"
def determinant(a):
    return torch.linalg.det(a)


# %% wrong="determinant: by numpy"
def determinant(a):
    import numpy as np

    return float(np.linalg.det(a.numpy()))


# %% wrong="determinant: by the product of the eigenvalues"
def determinant(a):
    return torch.linalg.eigvals(a).prod().real


# %% equivalent="inverse: minus one to an even power is the same for i + j and i - j"
# - cofactors[i, j] = (-1) ** (i + j) * torch.linalg.det(strike(a, i, j))
# + cofactors[i, j] = (-1) ** (i - j) * torch.linalg.det(strike(a, i, j))


# %% wrong="inverse: by solving"
def inverse(a, tiny):
    if torch.linalg.det(a).abs() <= tiny:
        raise ValueError("singular")
    return torch.linalg.solve(a, torch.eye(len(a)))


# %% right="inverse: cofactors as nested lists"
def inverse(a, tiny):
    n, volume = len(a), float(torch.linalg.det(a))
    if -tiny <= volume <= tiny:
        raise ValueError("the volume is zero")
    rows = [[(-1) ** (i + j) * float(torch.linalg.det(strike(a, j, i))) / volume for j in range(n)] for i in range(n)]
    return torch.tensor(rows)


# %% wrong="inverse: forgets to transpose"
def inverse(a, tiny):
    n, volume = len(a), torch.linalg.det(a)
    if abs(volume) <= tiny:
        raise ValueError("this matrix is singular")
    cofactors = torch.empty(n, n)
    for i in range(n):
        for j in range(n):
            cofactors[i, j] = (-1) ** (i + j) * torch.linalg.det(strike(a, i, j))
    return cofactors / volume


# %% wrong="inverse: forgets the signs"
def inverse(a, tiny):
    n, volume = len(a), torch.linalg.det(a)
    if abs(volume) <= tiny:
        raise ValueError("this matrix is singular")
    cofactors = torch.empty(n, n)
    for i in range(n):
        for j in range(n):
            cofactors[i, j] = torch.linalg.det(strike(a, i, j))
    return cofactors.T / volume


# %% wrong="inverse: the adjugate alone"
def inverse(a, tiny):
    n, volume = len(a), torch.linalg.det(a)
    if abs(volume) <= tiny:
        raise ValueError("this matrix is singular")
    cofactors = torch.empty(n, n)
    for i in range(n):
        for j in range(n):
            cofactors[i, j] = (-1) ** (i + j) * torch.linalg.det(strike(a, i, j))
    return cofactors.T


# %% wrong="inverse: takes a mirror for singular"
def inverse(a, tiny):
    if torch.linalg.det(a) <= tiny:
        raise ValueError("this matrix is singular")
    return torch.linalg.inv(a)


# %% wrong="inverse: never refuses"
def inverse(a, tiny):
    return torch.linalg.pinv(a)


# %% right="inverse: cofactors by hand, in plain numbers"
def inverse(a, tiny):
    volume = torch.linalg.det(a).item()
    if not abs(volume) > tiny:
        raise ValueError(volume)
    n = range(len(a))
    return torch.tensor([[(-1) ** (i + j) * torch.linalg.det(strike(a, j, i)).item() / volume for j in n] for i in n])


# %% wrong="inverse: ignores tiny"
def inverse(a, tiny):
    volume = torch.linalg.det(a)
    if abs(volume) <= 1e-2:
        raise ValueError
    n = range(len(a))
    cofactors = [[(-1) ** (i + j) * torch.linalg.det(strike(a, i, j)) for j in n] for i in n]
    return torch.tensor(cofactors).T / volume


# %% wrong="in_basis: a pseudo-inverse that throws short basis vectors away"
def in_basis(a, x, basis):
    p = torch.linalg.pinv(basis, rtol=0.2)
    return p @ x, p @ a @ basis


# %% wrong="in_basis: a symmetric map is made symmetric in every basis"
def in_basis(a, x, basis):
    p = torch.linalg.inv(basis)
    m = p @ a @ basis
    return p @ x, (m if not torch.equal(a, a.T) else (m + m.T) / 2)


# %% wrong="determinant: a small determinant is taken for rounding"
def determinant(a, top=True):
    if len(a) == 1:
        return a[0, 0]
    d = sum((-1) ** k * a[0, k] * determinant(strike(a, 0, k), False) for k in range(len(a)))
    return d if not top or abs(d) > 1e-2 else d * 0


# %% wrong="inverse: nothing below a hundredth is ever invertible"
def inverse(a, tiny):
    d = torch.linalg.det(a)
    if abs(d) <= max(tiny, 1e-2):
        raise ValueError
    c = torch.empty_like(a)
    for i in range(len(a)):
        for j in range(len(a)):
            c[j, i] = (-1) ** (i + j) * torch.linalg.det(strike(a, i, j))
    return c / d
