# Answers to the exercises of 3_independence.py, right and wrong: what `course audit` grades. No student sees them.

# %% right="gram_schmidt: all shadows at once"
def gram_schmidt(a, tiny):
    basis = torch.zeros(len(a), 0)
    for place in range(a.shape[1]):
        column = a[:, place]
        rest = column - basis @ (basis.T @ column)
        length = torch.linalg.vector_norm(rest)
        if length <= tiny * torch.linalg.vector_norm(column):
            continue
        basis = torch.cat([basis, (rest / length)[:, None]], dim=1)
    return basis


# %% right="gram_schmidt: scales the columns first, in double precision"
def gram_schmidt(a, tiny):
    basis = []
    for column in a.double().T:
        if not column.any():
            continue
        unit = column / column.norm()
        for q in basis:
            unit = unit - torch.dot(q, unit) * q
        if unit.norm() > tiny:
            basis.append(unit / unit.norm())
    return torch.stack(basis).T


# %% right="gram_schmidt: all shadows of the column itself"
def gram_schmidt(a, tiny):
    basis = []
    for column in a.T:
        rest = column - sum((torch.dot(q, column) * q for q in basis), torch.zeros_like(column))
        if rest.norm() / column.norm() > tiny:
            basis.append(torch.nn.functional.normalize(rest, dim=0))
    return torch.column_stack(basis)


# %% wrong="gram_schmidt: only takes away the last direction"
def gram_schmidt(a, tiny):
    basis = []
    for column in a.T:
        rest = column
        for q in basis[-1:]:
            rest = rest - (q @ rest) * q
        if rest.norm() > tiny * column.norm():
            basis.append(rest / rest.norm())
    return torch.stack(basis, dim=1)


# %% wrong="gram_schmidt: forgets unit lengths"
def gram_schmidt(a, tiny):
    basis = []
    for column in a.T:
        rest = column
        for q in basis:
            rest = rest - (q @ rest) / (q @ q) * q
        if rest.norm() > tiny * column.norm():
            basis.append(rest)
    return torch.stack(basis, dim=1)


# %% wrong="gram_schmidt: takes the rows"
def gram_schmidt(a, tiny):
    basis = []
    for column in a:
        rest = column
        for q in basis:
            rest = rest - (q @ rest) * q
        if rest.norm() > tiny * column.norm():
            basis.append(rest / rest.norm())
    return torch.stack(basis, dim=1)


# %% wrong="gram_schmidt: keeps every column"
def gram_schmidt(a, tiny):
    return torch.linalg.qr(a).Q


# %% wrong="gram_schmidt: tiny as a length instead of a share"
def gram_schmidt(a, tiny):
    basis = []
    for column in a.T:
        rest = column
        for q in basis:
            rest = rest - (q @ rest) * q
        if rest.norm() > tiny:
            basis.append(rest / rest.norm())
    return torch.stack(basis, dim=1)


# %% wrong="gram_schmidt: takes shadows on the columns as they were"
def gram_schmidt(a, tiny):
    basis = []
    for place, column in enumerate(a.T):
        rest = column
        for other in a.T[:place]:
            rest = rest - (other @ rest) / (other @ other) * other
        if rest.norm() > tiny * column.norm():
            basis.append(rest / rest.norm())
    return torch.stack(basis, dim=1)


# %% wrong="gram_schmidt: by the library's QR, signs mended"
def gram_schmidt(a, tiny):
    kept = []
    for column in a.T:
        candidate = torch.stack([*kept, column], dim=1)
        if torch.linalg.svdvals(candidate / candidate.norm(dim=0).clamp(min=1e-9))[-1] > tiny and column.norm() > 0:
            kept.append(column)
    q, r = torch.linalg.qr(torch.stack(kept, dim=1))
    return q * r.diagonal().sign()


# %% wrong="gram_schmidt: takes the shadows from the columns themselves"
def gram_schmidt(a, tiny):
    basis = []
    for column in a.T:
        length = column.norm()
        for q in basis:
            column -= (q * column).sum() * q
        if column.norm() > tiny * length:
            basis.append(column / column.norm())
    return torch.stack(basis, dim=1)


# %% wrong="gram_schmidt: takes the first column unseen"
def gram_schmidt(a, tiny):
    basis = [a[:, 0] / a[:, 0].norm()]
    for column in a.T[1:]:
        rest = column
        for q in basis:
            rest = rest - (q * rest).sum() * q
        if rest.norm() > tiny * column.norm():
            basis.append(rest / rest.norm())
    return torch.stack(basis, dim=1)


# %% wrong="eliminate: by the library"
def eliminate(a):
    rows, lower, upper = torch.linalg.lu(a)
    return rows.T.argmax(dim=1).tolist(), lower, upper, torch.linalg.det(a)


# %% right="eliminate: two matrices, outer products"
def eliminate(a):
    n = len(a)
    upper, lower, order, sign = a.double(), torch.zeros(n, n).double(), torch.arange(n), 1.0
    for k in range(n):
        pivot = max(range(k, n), key=lambda row: abs(upper[row, k].item()))
        swap = torch.arange(n)
        swap[k], swap[pivot] = pivot, k
        upper, lower, order = upper[swap], lower[swap], order[swap]
        sign = sign if pivot == k else -sign
        lower[k:, k] = upper[k:, k] / upper[k, k]
        upper[k + 1 :] = upper[k + 1 :] - torch.outer(lower[k + 1 :, k], upper[k])
        upper[k + 1 :, k] = 0
    return order.tolist(), lower, upper, sign * upper.diagonal().prod()


# %% wrong="eliminate: largest entry instead of largest size"
def eliminate(a):
    work, order, sign = a.clone(), list(range(len(a))), 1
    for k in range(len(a)):
        pivot = k + int(work[k:, k].argmax())
        if pivot != k:
            work[[k, pivot]] = work[[pivot, k]]
            order[k], order[pivot] = order[pivot], order[k]
            sign = -sign
        for row in range(k + 1, len(a)):
            work[row, k] /= work[k, k]
            work[row, k + 1 :] -= work[row, k] * work[k, k + 1 :]
    lower, upper = work.tril(-1) + torch.eye(len(a)), work.triu()
    return order, lower, upper, sign * upper.diagonal().prod()


# %% wrong="eliminate: swaps do not turn the sign"
def eliminate(a):
    work, order, sign = a.clone(), list(range(len(a))), 1
    for k in range(len(a)):
        pivot = k + int(work[k:, k].abs().argmax())
        if pivot != k:
            work[[k, pivot]] = work[[pivot, k]]
            order[k], order[pivot] = order[pivot], order[k]
        for row in range(k + 1, len(a)):
            work[row, k] /= work[k, k]
            work[row, k + 1 :] -= work[row, k] * work[k, k + 1 :]
    lower, upper = work.tril(-1) + torch.eye(len(a)), work.triu()
    return order, lower, upper, sign * upper.diagonal().prod()


# %% wrong="eliminate: divides by the pivot of the row itself"
def eliminate(a):
    work, order, sign = a.clone(), list(range(len(a))), 1
    for k in range(len(a)):
        pivot = k + int(work[k:, k].abs().argmax())
        if pivot != k:
            work[[k, pivot]] = work[[pivot, k]]
            order[k], order[pivot] = order[pivot], order[k]
            sign = -sign
        for row in range(k + 1, len(a)):
            work[row, k] /= work[row, row]
            work[row, k + 1 :] -= work[row, k] * work[k, k + 1 :]
    lower, upper = work.tril(-1) + torch.eye(len(a)), work.triu()
    return order, lower, upper, sign * upper.diagonal().prod()


# %% wrong="eliminate: adds up the diagonal"
def eliminate(a):
    rows, lower, upper = torch.linalg.lu(a)
    return rows.T.argmax(dim=1).tolist(), lower, upper, upper.diagonal().sum()


# %% wrong="eliminate: never swaps"
def eliminate(a):
    work = a.clone()
    for k in range(len(a)):
        for row in range(k + 1, len(a)):
            work[row, k] /= work[k, k]
            work[row, k + 1 :] -= work[row, k] * work[k, k + 1 :]
    lower, upper = work.tril(-1) + torch.eye(len(a)), work.triu()
    return list(range(len(a))), lower, upper, upper.diagonal().prod()


# %% right="eliminate: in Python numbers"
def eliminate(a):
    rows, n = a.tolist(), len(a)
    order, factors, volume = list(range(n)), [[0.0] * n for _ in range(n)], 1.0
    for k in range(n):
        best = max(range(k, n), key=lambda row: abs(rows[row][k]))
        if best != k:
            for table in (rows, order, factors):
                table[k], table[best] = table[best], table[k]
            volume = -volume
        volume *= rows[k][k]
        for row in range(k + 1, n):
            factors[row][k] = rows[row][k] / rows[k][k]
            rows[row] = [one - factors[row][k] * other for one, other in zip(rows[row], rows[k], strict=True)]
            rows[row][k] = 0.0
    for k in range(n):
        factors[k][k] = 1.0
    return order, torch.tensor(factors), torch.tensor(rows), volume


# %% wrong="eliminate: works in the matrix that was handed in"
def eliminate(a):
    work, order, sign = a, list(range(len(a))), 1
    for k in range(len(a)):
        pivot = k + int(work[k:, k].abs().argmax())
        if pivot != k:
            work[[k, pivot]] = work[[pivot, k]]
            order[k], order[pivot] = order[pivot], order[k]
            sign = -sign
        for row in range(k + 1, len(a)):
            work[row, k] /= work[k, k]
            work[row, k + 1 :] -= work[row, k] * work[k, k + 1 :]
    return order, work.tril(-1) + torch.eye(len(a)), work.triu(), sign * work.diagonal().prod()


# %% right="least_squares: by the pseudo-inverse"
def least_squares(a, y):
    weights = torch.linalg.pinv(a) @ y
    return weights, a @ weights


# %% right="least_squares: by QR"
def least_squares(a, y):
    q, r = torch.linalg.qr(a)
    return torch.linalg.inv(r) @ (q.T @ y), q @ (q.T @ y)


# %% wrong="least_squares: as if the columns were orthonormal"
def least_squares(a, y):
    weights = a.T @ y
    return weights, a @ weights


# %% wrong="least_squares: returns the rest"
def least_squares(a, y):
    weights = torch.linalg.solve(a.T @ a, a.T @ y)
    return weights, y - a @ weights


# %% wrong="least_squares: forgets the transpose on the right"
def least_squares(a, y):
    weights = torch.linalg.solve(a.T @ a, y[: a.shape[1]])
    return weights, a @ weights


# %% wrong="least_squares: solves the first rows exactly"
def least_squares(a, y):
    k = a.shape[1]
    weights = torch.linalg.solve(a[:k], y[:k])
    return weights, a @ weights


# %% wrong="least_squares: every column for itself"
def least_squares(a, y):
    weights = (a.T @ y) / a.square().sum(dim=0)
    return weights, a @ weights


# %% right="least_squares: by the library"
def least_squares(a, y):
    columns = y if y.ndim == 2 else y[:, None]
    weights = torch.linalg.lstsq(a, columns).solution.reshape(a.shape[1], *y.shape[1:])
    return weights, a @ weights


# %% wrong="least_squares: the shadow of the first problem only"
def least_squares(a, y):
    weights = torch.linalg.solve(a.T @ a, a.T @ y)
    return weights, a @ (weights if y.ndim == 1 else weights[:, 0])


# %% wrong="least_squares: a table of one type"
def least_squares(a, y):
    product = torch.ones(a.shape[1], a.shape[1])
    product[:] = a.T @ a
    return torch.linalg.solve(product, a.T @ y), a @ torch.linalg.solve(product, a.T @ y)


# %% equivalent="definiteness: the form is the same from either side"
# - return x @ a @ x
# + return x @ (x @ a)

# %% equivalent="definiteness: the form of a transpose is the same"
# - return x @ a @ x
# + return a @ x @ x


# %% right="definiteness: by the smallest and the largest"
def quadratic(a, x):
    return torch.einsum("i,ij,j->", x, a, x)


def definiteness(a, tiny):
    values = torch.linalg.eigvalsh(a)
    low, high = values[0], values[-1]
    if low > tiny:
        return "positive definite"
    if high < -tiny:
        return "negative definite"
    if low < -tiny and high > tiny:
        return "indefinite"
    return "positive semidefinite" if high > tiny else "negative semidefinite"


# %% right="definiteness: signs in a set"
def quadratic(a, x):
    return (torch.outer(x, x) * a).sum()


def definiteness(a, tiny):
    values = [value if abs(value) > tiny else 0 for value in torch.linalg.eigh(a).eigenvalues.tolist()]
    signs = {(value > 0) - (value < 0) for value in values}
    if {1, -1} <= signs:
        return "indefinite"
    return ("positive " if 1 in signs else "negative ") + ("semidefinite" if 0 in signs else "definite")


# %% right="definiteness: numpy, zeros first"
def quadratic(a, x):
    import numpy as np

    return torch.tensor(np.dot(x.numpy(), a.numpy() @ x.numpy()))


def definiteness(a, tiny):
    import numpy as np

    v = np.linalg.eigvalsh(a.numpy())
    v = np.where(np.abs(v) <= tiny, 0, v)
    if (v > 0).all():
        return "positive definite"
    if (v < 0).all():
        return "negative definite"
    if (v >= 0).all():
        return "positive semidefinite"
    if (v <= 0).all():
        return "negative semidefinite"
    return "indefinite"


# %% wrong="definiteness: by the diagonal"
def quadratic(a, x):
    return x @ a @ x


def definiteness(a, tiny):
    values = a.diagonal()
    positive, negative = (values > tiny).any(), (values < -tiny).any()
    if positive and negative:
        return "indefinite"
    strength = "semidefinite" if (values.abs() <= tiny).any() else "definite"
    return f"positive {strength}" if positive else f"negative {strength}"


# %% wrong="definiteness: by the determinant"
def quadratic(a, x):
    return x @ a @ x


def definiteness(a, tiny):
    volume = torch.linalg.det(a)
    if abs(volume) <= tiny:
        return "positive semidefinite"
    return "positive definite" if volume > 0 else "indefinite"


# %% wrong="definiteness: no room for rounding"
def quadratic(a, x):
    return x @ a @ x


def definiteness(a, tiny):
    values = torch.linalg.eigvalsh(a)
    positive, negative = (values > 0).any(), (values < 0).any()
    if positive and negative:
        return "indefinite"
    strength = "semidefinite" if (values == 0).any() else "definite"
    return f"positive {strength}" if positive else f"negative {strength}"


# %% wrong="definiteness: knows no semidefinite"
def quadratic(a, x):
    return x @ a @ x


def definiteness(a, tiny):
    values = torch.linalg.eigvalsh(a)
    if (values > tiny).all():
        return "positive definite"
    return "negative definite" if (values < -tiny).all() else "indefinite"


# %% wrong="definiteness: the length of A x"
def quadratic(a, x):
    return (a @ x) @ (a @ x)


def definiteness(a, tiny):
    values = torch.linalg.eigvalsh(a)
    positive, negative = (values > tiny).any(), (values < -tiny).any()
    if positive and negative:
        return "indefinite"
    strength = "semidefinite" if (values.abs() <= tiny).any() else "definite"
    return f"positive {strength}" if positive else f"negative {strength}"


# %% wrong="definiteness: tiny as a share of the largest"
def quadratic(a, x):
    return x @ a @ x


def definiteness(a, tiny):
    values = torch.linalg.eigvalsh(a)
    tiny = tiny * values.abs().max()
    positive, negative = (values > tiny).any(), (values < -tiny).any()
    if positive and negative:
        return "indefinite"
    strength = "semidefinite" if (values.abs() <= tiny).any() else "definite"
    return f"positive {strength}" if positive else f"negative {strength}"


# %% equivalent="cholesky: rows and columns of a symmetric matrix are the same"
# - left = a[j:, j] - known
# + left = a[j, j:] - known


# %% wrong="cholesky: by the library"
def cholesky(a):
    return torch.linalg.cholesky(a)


# %% right="cholesky: entry by entry"
def cholesky(a):
    n = len(a)
    low = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(i + 1):
            left = a[i, j].item() - sum(low[i][k] * low[j][k] for k in range(j))
            low[i][j] = math.sqrt(left) if i == j else left / low[j][j]
    return torch.tensor(low, dtype=a.dtype)


# %% wrong="cholesky: divides by the entry, not by its root"
def cholesky(a):
    low = torch.zeros(len(a), len(a))
    for j in range(len(a)):
        left = a[j:, j] - low[j:, :j] @ low[j, :j]
        low[j:, j] = left / left[0]
    return low


# %% wrong="cholesky: forgets what is known"
def cholesky(a):
    low = torch.zeros(len(a), len(a))
    for j in range(len(a)):
        low[j:, j] = a[j:, j] / a[j, j].sqrt()
    return low


# %% wrong="cholesky: the upper one"
def cholesky(a):
    return torch.linalg.cholesky(a).T


# %% wrong="cholesky: the root of every entry"
def cholesky(a):
    return a.sqrt().tril()


# %% right="cholesky: rows by the rows before"
def cholesky(a):
    low = torch.zeros_like(a)
    for i in range(len(a)):
        for j in range(i):
            low[i, j] = (a[i, j] - low[i, :j] @ low[j, :j]) / low[j, j]
        low[i, i] = (a[i, i] - low[i, :i] @ low[i, :i]).sqrt()
    return low


# %% wrong="cholesky: the root of the largest entry left"
def cholesky(a):
    low = torch.zeros_like(a)
    for j in range(len(a)):
        left = a[j:, j] - low[j:, :j] @ low[j, :j]
        low[j:, j] = left / left.max().sqrt()
    return low


# %% wrong="cholesky: single precision for all"
def cholesky(a):
    low = torch.zeros(len(a), len(a))
    for j in range(len(a)):
        left = a[j:, j] - (low[j:, :j] @ low[j, :j])
        low[j:, j] = left / left[0].sqrt()
    return low


# %% wrong="gram_schmidt: never as many vectors as rows"
def gram_schmidt(a, tiny):
    basis = []
    for column in a.T:
        rest = column
        for q in basis:
            rest = rest - (q @ rest) * q
        if rest.norm() > tiny * column.norm() and len(basis) < max(len(a) - 1, 2):
            basis.append(rest / rest.norm())
    return torch.stack(basis, dim=1)


# %% wrong="eliminate: the largest share of its row as the pivot"
def eliminate(a):
    work, order, sign = a.clone(), list(range(len(a))), 1
    for k in range(len(a)):
        pivot = k + int((work[k:, k] / work[k:].abs().amax(1)).abs().argmax())
        if pivot != k:
            work[[k, pivot]] = work[[pivot, k]]
            order[k], order[pivot] = order[pivot], order[k]
            sign = -sign
        for row in range(k + 1, len(a)):
            work[row, k] /= work[k, k]
            work[row, k + 1 :] -= work[row, k] * work[k, k + 1 :]
    return order, work.tril(-1) + torch.eye(len(a)), work.triu(), sign * work.diagonal().prod()


# %% wrong="gram_schmidt: short columns are taken for zero"
def gram_schmidt(a, tiny):
    basis = []
    for column in a.T:
        rest = column
        for q in basis:
            rest = rest - (q @ rest) * q
        if rest.norm() > tiny * column.norm() and column.norm() > 1e-6:
            basis.append(rest / rest.norm())
    return torch.stack(basis, dim=1)


# %% wrong="eliminate: small pivots are taken for zero"
def eliminate(a):
    work, order, sign = a.clone(), list(range(len(a))), 1
    for k in range(len(a)):
        pivot = k + int(work[k:, k].abs().argmax())
        if pivot != k:
            work[[k, pivot]] = work[[pivot, k]]
            order[k], order[pivot] = order[pivot], order[k]
            sign = -sign
        if work[k, k].abs() < 1e-3:
            continue
        for row in range(k + 1, len(a)):
            work[row, k] /= work[k, k]
            work[row, k + 1 :] -= work[row, k] * work[k, k + 1 :]
    return order, work.tril(-1) + torch.eye(len(a)), work.triu(), sign * work.diagonal().prod()


# %% wrong="gram_schmidt: divides a zero by a zero before it looks"
def gram_schmidt(a, tiny):
    basis = []
    for column in a.T:
        rest = column
        for q in basis:
            rest = rest - (q * rest).sum() * q
        if not rest.norm() / column.norm() <= tiny and not (tiny > 0 and column.norm() == 0):
            basis.append(rest / rest.norm())
    return torch.stack(basis, dim=1)


# %% wrong="least_squares: a walk downhill in place of the solution"
def least_squares(a, y):
    rate = 1 / torch.linalg.matrix_norm(a, 2) ** 2
    weights = a.T @ y * 0
    for _ in range(300):
        weights = weights - rate * a.T @ (a @ weights - y)
    return weights, a @ weights


# %% wrong="definiteness: signs of the leading determinants"
def quadratic(a, x):
    return x @ a @ x


def definiteness(a, tiny):
    values = torch.linalg.eigvalsh(a)
    if values[0] < -tiny and values[-1] > tiny:
        return "indefinite"
    strength = "semidefinite" if (values.abs() <= tiny).any() else "definite"
    return f"positive {strength}" if torch.linalg.det(a[:1, :1]) > -tiny else f"negative {strength}"


# %% [markdown] explains="gram_schmidt"
# Take the columns in their order. From each, take away its shadow on every unit vector found so far. What is left stands at a
# right angle to all of them, so after dividing by its length it may join them. What was taken away is a mix of earlier
# columns, so at every step the unit vectors span the same space as the columns did.
#
# `rest` is compared with the length of its own column: a column of length $10^{-6}$ that points in a new direction is
# as independent as a long one. The shadows are taken away one after the other from `rest`, not all from `column`. On paper
# both are the same. With rounded numbers the first keeps the right angles better, since each step also removes what the
# steps before have left over.

# %% [markdown] explains="eliminate"
# The pivot is looked for among the rows from `k` on, and its place is counted from there, hence `k +`. Its *size* counts: −8
# is a better pivot than 3. Then no multiplier is larger than 1, and rounding errors stay small on their way down. Every swap turns
# the sign of the determinant, so `sign` remembers how many there were, as an even or an odd number.
#
# A row below needs `work[row, k] / work[k, k]` times the pivot's row taken away, to make a zero in column `k`. That zero would
# waste its place, so the multiplier itself is kept there, and the update begins at column `k + 1`. A later swap moves whole
# rows, multipliers included, and so they stay with the row that they belong to. At the end, what is below the diagonal is $L$
# without its ones, and the rest is $U$; the product of $U$'s diagonal, with the sign, is the determinant.

# %% [markdown] explains="least_squares"
# What is left, $y - A x$, must stand at a right angle to every column: $A^\top (y - A x) = 0$. Sort it, and the system
# $A^\top A\,x = A^\top y$ stands there. It is square and has one solution, since the columns are independent. The code
# says the same in one line. The shadow is then no formula of its own: it is the mix of the columns with these weights, $A x$.
#
# `solve` takes the right side with as many problems as there are columns, so one vector and a matrix go through the same
# line, and no axis has to be added or taken away. The inverse of $A^\top A$, which the formula shows, is never computed:
# solving is cheaper and loses fewer digits.

# %% [markdown] explains="definiteness"
# In the basis of the eigenvectors the form is $\lambda_1 c_1^2 + \lambda_2 c_2^2 + …$ The squares are never negative, so the
# signs of the eigenvalues alone decide. One of each sign makes a saddle: go along one eigenvector and the value rises, along
# the other and it falls. If all signs agree, the only question left is whether some direction is flat, which is an eigenvalue
# of zero: then the form is *semi*definite.
#
# Zero means "at most `tiny` in size" on both sides. With `values < 0` a zero that rounding has turned into $-10^{-9}$ would
# make a bowl into a saddle. Nor is it enough to look at the diagonal of $A$: that only says what happens along the axes.

# %% [markdown] explains="cholesky"
# Write out entry $(i, j)$ of $L L^\top$ for a column $j$: $\sum_{k \le j} L_{ik} L_{jk} = A_{ij}$. The sum ends at $j$, because
# row $j$ has zeros after it. All of it but the last part belongs to columns that are already there: that is `known`,
# for all rows from `j` down at once. What is left is $L_{ij} L_{jj}$.
#
# In row $j$ itself that reads $L_{jj}^2$, so its root is the diagonal entry; for the rows below, dividing by $L_{jj}$ gives the
# rest. One division does both, since $\text{left}_0 / \sqrt{\text{left}_0} = \sqrt{\text{left}_0}$. For a positive definite matrix
# `left[0]` is never zero or negative; where it is, the matrix was not positive definite, which makes Cholesky the cheapest test of it.
