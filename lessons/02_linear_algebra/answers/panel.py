# Answers by a panel that read only the released notebook: what `course audit` grades and counts apart. No student sees them.

# %% right="compare: the formulas with @"
def compare(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The dot product, x at length one, the cosine, and the angle in degrees, of two vectors (n,)."""
    dot = x @ y
    length_x = (x @ x).sqrt()
    length_y = (y @ y).sqrt()
    unit = x / length_x
    cosine = dot / (length_x * length_y)
    angle = torch.rad2deg(torch.acos(cosine))
    return dot, unit, cosine, angle


# %% right="compare: sums, norm and a clamp before the arc cosine"
def compare(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The dot product, x at length one, the cosine, and the angle in degrees, of two vectors (n,)."""
    dot = (x * y).sum()
    length_x = x.norm()
    length_y = torch.linalg.vector_norm(y)
    unit = x / length_x
    cosine = dot / (length_x * length_y)
    angle = torch.rad2deg(torch.arccos(cosine.clamp(-1, 1)))
    return dot, unit, cosine, angle


# %% right="compare: a helper and einsum"
def length(v):
    return torch.einsum("i,i->", v, v) ** 0.5


def compare(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, ...]:
    dot = torch.einsum("i,i->", x, y)
    unit = x.div(length(x))
    cosine = torch.dot(unit, y) / length(y)
    return dot, unit, cosine, cosine.acos() * 180 / math.pi


# %% wrong="compare: the length of x twice, which is right for vectors of equal length; breaks: cosine is x . y over |x| |y|"
def compare(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The dot product, x at length one, the cosine, and the angle in degrees, of two vectors (n,)."""
    dot = x @ y
    length_x = (x @ x).sqrt()
    length_y = (y @ y).sqrt()
    unit = x / length_x
    cosine = dot / (length_x * length_x)
    angle = torch.rad2deg(torch.acos(cosine))
    return dot, unit, cosine, angle


# %% wrong="compare: x divided by the length of y; breaks: unit is the arrow with the direction of x and length 1"
def compare(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The dot product, x at length one, the cosine, and the angle in degrees, of two vectors (n,)."""
    dot = x @ y
    length_x = (x @ x).sqrt()
    length_y = (y @ y).sqrt()
    unit = x / length_y
    cosine = dot / (length_x * length_y)
    angle = torch.rad2deg(torch.acos(cosine))
    return dot, unit, cosine, angle


# %% wrong="compare: arc sine; breaks: the angle in degrees"
def compare(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The dot product, x at length one, the cosine, and the angle in degrees, of two vectors (n,)."""
    dot = x @ y
    length_x = (x @ x).sqrt()
    length_y = (y @ y).sqrt()
    unit = x / length_x
    cosine = dot / (length_x * length_y)
    angle = torch.rad2deg(torch.asin(cosine))
    return dot, unit, cosine, angle


# %% wrong="compare: lengths of the first two entries; breaks: vectors with any number of entries"
def compare(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The dot product, x at length one, the cosine, and the angle in degrees, of two vectors (n,)."""
    dot = x @ y
    length_x = torch.hypot(x[0], x[1])
    length_y = torch.hypot(y[0], y[1])
    unit = x / length_x
    cosine = dot / (length_x * length_y)
    angle = torch.rad2deg(torch.acos(cosine))
    return dot, unit, cosine, angle


# %% wrong="compare: the angle between lines, never above 90; breaks: -1 means opposite directions (180 degrees)"
def compare(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The dot product, x at length one, the cosine, and the angle in degrees, of two vectors (n,)."""
    dot = x @ y
    length_x = (x @ x).sqrt()
    length_y = (y @ y).sqrt()
    unit = x / length_x
    cosine = dot / (length_x * length_y)
    angle = torch.rad2deg(torch.acos(cosine.abs()))
    return dot, unit, cosine, angle


# %% right="norms: formulas, max for infinity"
def p_norm(x: torch.Tensor, p: float) -> torch.Tensor:
    """The p-norm of a vector (n,), for p from 1 to math.inf."""
    if p == math.inf:
        return x.abs().max()
    return (x.abs() ** p).sum() ** (1 / p)


def frobenius(a: torch.Tensor) -> torch.Tensor:
    """The Frobenius norm of a matrix (rows, columns)."""
    return (a * a).sum().sqrt()


# %% right="norms: library calls"
def p_norm(x: torch.Tensor, p: float) -> torch.Tensor:
    """The p-norm of a vector (n,), for p from 1 to math.inf."""
    return torch.linalg.vector_norm(x, ord=p)


def frobenius(a: torch.Tensor) -> torch.Tensor:
    """The Frobenius norm of a matrix (rows, columns)."""
    return torch.linalg.matrix_norm(a, ord="fro")


# %% right="norms: largest entry taken out first, trace for Frobenius"
def p_norm(x: torch.Tensor, p: float) -> torch.Tensor:
    """The p-norm of a vector (n,), for p from 1 to math.inf."""
    sizes = x.abs()
    largest = sizes.amax()
    if math.isinf(p) or largest == 0:
        return largest
    return largest * (sizes / largest).pow(p).sum().pow(1 / p)


def frobenius(a: torch.Tensor) -> torch.Tensor:
    """The Frobenius norm of a matrix (rows, columns)."""
    return torch.trace(a.T @ a).sqrt()


# %% wrong="norms: no case for infinity; breaks: math.inf included"
def p_norm(x: torch.Tensor, p: float) -> torch.Tensor:
    """The p-norm of a vector (n,), for p from 1 to math.inf."""
    return (x.abs() ** p).sum() ** (1 / p)


def frobenius(a: torch.Tensor) -> torch.Tensor:
    """The Frobenius norm of a matrix (rows, columns)."""
    return (a * a).sum().sqrt()


# %% wrong="norms: largest entry instead of largest size; breaks: max of |x_i| for infinity"
def p_norm(x: torch.Tensor, p: float) -> torch.Tensor:
    """The p-norm of a vector (n,), for p from 1 to math.inf."""
    if p == math.inf:
        return x.max()
    return (x.abs() ** p).sum() ** (1 / p)


def frobenius(a: torch.Tensor) -> torch.Tensor:
    """The Frobenius norm of a matrix (rows, columns)."""
    return (a * a).sum().sqrt()


# %% wrong="norms: the spectral norm, the same for one column; breaks: the length that it has as one long vector"
def p_norm(x: torch.Tensor, p: float) -> torch.Tensor:
    """The p-norm of a vector (n,), for p from 1 to math.inf."""
    if p == math.inf:
        return x.abs().max()
    return (x.abs() ** p).sum() ** (1 / p)


def frobenius(a: torch.Tensor) -> torch.Tensor:
    """The Frobenius norm of a matrix (rows, columns)."""
    return torch.linalg.matrix_norm(a, ord=2)


# %% wrong="norms: lengths of the columns added up; breaks: the length that it has as one long vector (several columns)"
def p_norm(x: torch.Tensor, p: float) -> torch.Tensor:
    """The p-norm of a vector (n,), for p from 1 to math.inf."""
    if p == math.inf:
        return x.abs().max()
    return (x.abs() ** p).sum() ** (1 / p)


def frobenius(a: torch.Tensor) -> torch.Tensor:
    """The Frobenius norm of a matrix (rows, columns)."""
    return a.square().sum(dim=0).sqrt().sum()


# %% wrong="norms: cuts p to a whole number; breaks: for any p of at least 1"
def p_norm(x: torch.Tensor, p: float) -> torch.Tensor:
    """The p-norm of a vector (n,), for p from 1 to math.inf."""
    if p == math.inf:
        return x.abs().max()
    p = int(p)
    return (x.abs() ** p).sum() ** (1 / p)


def frobenius(a: torch.Tensor) -> torch.Tensor:
    """The Frobenius norm of a matrix (rows, columns)."""
    return (a * a).sum().sqrt()


# %% right="project: the formula"
def project(x: torch.Tensor, a: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The projection of x (n,) on the line through a (n,), and the rest of x."""
    share = (x @ a) / (a @ a)
    shadow = share * a
    rest = x - shadow
    return shadow, rest


# %% right="project: through the unit vector"
def project(x: torch.Tensor, a: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    unit = a / torch.linalg.vector_norm(a)
    shadow = torch.dot(x, unit) * unit
    return shadow, x - shadow


# %% right="project: a projection matrix by outer products"
def project(x: torch.Tensor, a: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    onto = torch.outer(a, a) / a.square().sum()
    return onto @ x, x - torch.einsum("ij,j->i", onto, x)


# %% wrong="project: shadow always on the side of a; breaks: the point of the line that is nearest to x (x that points away from a)"
def project(x: torch.Tensor, a: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The projection of x (n,) on the line through a (n,), and the rest of x."""
    share = (x @ a).abs() / (a @ a)
    shadow = share * a
    rest = x - shadow
    return shadow, rest


# %% wrong="project: shadow never longer than a; breaks: the line through a, which does not end at a"
def project(x: torch.Tensor, a: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The projection of x (n,) on the line through a (n,), and the rest of x."""
    share = ((x @ a) / (a @ a)).clamp(max=1)
    shadow = share * a
    rest = x - shadow
    return shadow, rest


# %% wrong="project: square of the sum for a . a, right for one entry; breaks: share is x . a over a . a"
def project(x: torch.Tensor, a: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The projection of x (n,) on the line through a (n,), and the rest of x."""
    share = (x @ a) / a.sum() ** 2
    shadow = share * a
    rest = x - shadow
    return shadow, rest


# %% wrong="project: ratio of the first entries; breaks: share is x . a over a . a"
def project(x: torch.Tensor, a: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The projection of x (n,) on the line through a (n,), and the rest of x."""
    share = x[0] / a[0] + 0 * (x @ a)
    shadow = share * a
    rest = x - shadow
    return shadow, rest


# %% wrong="project: the size of the rest; breaks: shadow and rest make up x (negative rests)"
def project(x: torch.Tensor, a: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The projection of x (n,) on the line through a (n,), and the rest of x."""
    share = (x @ a) / (a @ a)
    shadow = share * a
    rest = (x - shadow).abs()
    return shadow, rest


# %% right="matrix_of: stack the images as columns"
def matrix_of(f, n: int) -> torch.Tensor:
    """The matrix (m, n) of a linear function f from vectors (n,) to vectors (m,)."""
    return torch.stack([f(axis) for axis in torch.eye(n)], dim=1)


# %% right="matrix_of: a loop with one-hot vectors, hstack of columns"
def matrix_of(f, n: int) -> torch.Tensor:
    columns = []
    for j in range(n):
        question = torch.zeros(n)
        question[j] = 1.0
        columns.append(f(question).reshape(-1, 1))
    return torch.hstack(columns)


# %% right="matrix_of: map over unbound rows, stacked and transposed"
def matrix_of(f, n: int) -> torch.Tensor:
    images = list(map(f, torch.eye(n).unbind()))
    return torch.stack(images).T


# %% wrong="matrix_of: entries below a hundredth become zero, to tidy up; breaks: the matrix of a linear function (small entries)"
def matrix_of(f, n: int) -> torch.Tensor:
    """The matrix (m, n) of a linear function f from vectors (n,) to vectors (m,)."""
    table = torch.stack([f(axis) for axis in torch.eye(n)], dim=1)
    return torch.where(table.abs() < 0.01, torch.zeros_like(table), table)


# %% wrong="matrix_of: axes of length one are squeezed away; breaks: the matrix (m, n) (m or n of 1)"
def matrix_of(f, n: int) -> torch.Tensor:
    """The matrix (m, n) of a linear function f from vectors (n,) to vectors (m,)."""
    return torch.stack([f(axis) for axis in torch.eye(n)], dim=1).squeeze()


# %% wrong="matrix_of: one vector is used again for all questions, so a function that returns (a part of) its input gives equal columns; breaks: the matrix of a linear function, nothing else is known"
def matrix_of(f, n: int) -> torch.Tensor:
    axis, columns = torch.zeros(n), []
    for j in range(n):
        axis.zero_()
        axis[j] = 1
        columns.append(f(axis))
    return torch.stack(columns, dim=1)


# %% wrong="matrix_of: questions of whole numbers, which a function with a float matrix refuses; breaks: a linear function f, nothing else is known"
def matrix_of(f, n: int) -> torch.Tensor:
    """The matrix (m, n) of a linear function f from vectors (n,) to vectors (m,)."""
    return torch.stack([f(axis) for axis in torch.eye(n, dtype=torch.int64)], dim=1)


# %% wrong="matrix_of: columns of earlier calls stay in a default argument; breaks: the matrix (m, n) of this f (a second call)"
def matrix_of(f, n: int, columns=[]) -> torch.Tensor:
    for axis in torch.eye(n):
        columns.append(f(axis))
    return torch.stack(columns, dim=1)


# %% right="in_basis: the blanks as they are meant"
def in_basis(a: torch.Tensor, x: torch.Tensor, basis: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The coordinates of x (n,), and the matrix of the map a (n, n), in the basis of these columns (n, n)."""
    coordinates = torch.linalg.solve(basis, x)
    to_basis = torch.linalg.inv(basis)
    matrix = to_basis @ a @ basis
    return coordinates, matrix


# %% right="in_basis: solve for both"
def in_basis(a: torch.Tensor, x: torch.Tensor, basis: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The coordinates of x (n,), and the matrix of the map a (n, n), in the basis of these columns (n, n)."""
    coordinates = torch.linalg.solve(basis, x)
    matrix = torch.linalg.solve(basis, a @ basis)
    return coordinates, matrix


# %% right="in_basis: column by column, pinv and matmul"
def in_basis(a: torch.Tensor, x: torch.Tensor, basis: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    coordinates = torch.linalg.solve(basis, x[:, None]).squeeze(1)
    to_basis = torch.linalg.inv(basis)
    images = [to_basis.mv(a.mv(column)) for column in basis.unbind(dim=1)]
    return coordinates, torch.column_stack(images)


# %% wrong="in_basis: eigenvalues on the diagonal; breaks: the matrix of the map in the basis of these columns (any basis)"
def in_basis(a: torch.Tensor, x: torch.Tensor, basis: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The coordinates of x (n,), and the matrix of the map a (n, n), in the basis of these columns (n, n)."""
    coordinates = torch.linalg.solve(basis, x)
    to_basis = torch.linalg.inv(basis)
    matrix = torch.diag(torch.linalg.eigvals(a).real.sort().values)
    return coordinates, matrix


# %% wrong="in_basis: takes the basis for upper triangular; breaks: the columns of basis, any that are independent"
def in_basis(a: torch.Tensor, x: torch.Tensor, basis: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The coordinates of x (n,), and the matrix of the map a (n, n), in the basis of these columns (n, n)."""
    coordinates = torch.linalg.solve_triangular(basis, x[:, None], upper=True)[:, 0]
    to_basis = torch.linalg.inv(basis)
    matrix = to_basis @ a @ basis
    return coordinates, matrix


# %% wrong="in_basis: coordinates of the image of x; breaks: the coordinates of x"
def in_basis(a: torch.Tensor, x: torch.Tensor, basis: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The coordinates of x (n,), and the matrix of the map a (n, n), in the basis of these columns (n, n)."""
    coordinates = torch.linalg.solve(basis, a @ x)
    to_basis = torch.linalg.inv(basis)
    matrix = to_basis @ a @ basis
    return coordinates, matrix


# %% wrong="in_basis: whole numbers; breaks: how much of each basis vector it contains"
def in_basis(a: torch.Tensor, x: torch.Tensor, basis: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The coordinates of x (n,), and the matrix of the map a (n, n), in the basis of these columns (n, n)."""
    coordinates = torch.linalg.solve(basis, x).round()
    to_basis = torch.linalg.inv(basis)
    matrix = to_basis @ a @ basis
    return coordinates, matrix


# %% wrong="in_basis: drops what is below the diagonal; breaks: the matrix of the map"
def in_basis(a: torch.Tensor, x: torch.Tensor, basis: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The coordinates of x (n,), and the matrix of the map a (n, n), in the basis of these columns (n, n)."""
    coordinates = torch.linalg.solve(basis, x)
    to_basis = torch.linalg.inv(basis)
    matrix = (to_basis @ a @ basis).triu()
    return coordinates, matrix


# %% right="determinant: recursion with a running total"
def determinant(a: torch.Tensor) -> torch.Tensor:
    """The determinant of a square matrix (n, n), by cofactors along the first row."""
    if len(a) == 1:
        return a[0, 0]
    total = 0
    for column in range(len(a)):
        total = total + (-1) ** column * a[0, column] * determinant(strike(a, 0, column))
    return total


# %% right="determinant: generator and stack, empty matrix as a base too"
def determinant(a: torch.Tensor) -> torch.Tensor:
    n = a.shape[0]
    if n == 1:
        return a.reshape(())
    parts = [entry * determinant(strike(a, 0, j)) * (1 if j % 2 == 0 else -1) for j, entry in enumerate(a[0])]
    return torch.stack(parts).sum()


# %% right="determinant: minors as a vector, dot product with alternating signs"
def determinant(a: torch.Tensor) -> torch.Tensor:
    n = len(a)
    if n == 1:
        return a[0, 0].clone()
    minors = torch.stack([determinant(strike(a, row=0, column=k)) for k in range(n)])
    signs = torch.tensor([(-1.0) ** k for k in range(n)], dtype=a.dtype)
    return (signs * a[0]) @ minors


# %% wrong="determinant: a plus only for the first entry; breaks: add up with alternating signs (three rows or more)"
def determinant(a: torch.Tensor) -> torch.Tensor:
    """The determinant of a square matrix (n, n), by cofactors along the first row."""
    if len(a) == 1:
        return a[0, 0]
    total = 0
    for column in range(len(a)):
        total = total + (1 if column == 0 else -1) * a[0, column] * determinant(strike(a, 0, column))
    return total


# %% wrong="determinant: wrapped diagonals (Sarrus) for every size above two; breaks: walk along the first row (four rows or more)"
def determinant(a: torch.Tensor) -> torch.Tensor:
    n = len(a)
    if n == 1:
        return a[0, 0]
    if n == 2:
        return a[0, 0] * a[1, 1] - a[0, 1] * a[1, 0]
    places = torch.arange(n)
    down = [a[places, (places + k) % n].prod() for k in range(n)]
    up = [a[places, (k - places) % n].prod() for k in range(n)]
    return sum(down) - sum(up)


# %% wrong="determinant: product of the diagonal above two rows; breaks: determinant by cofactors (entries off the diagonal)"
def determinant(a: torch.Tensor) -> torch.Tensor:
    """The determinant of a square matrix (n, n), by cofactors along the first row."""
    if len(a) == 1:
        return a[0, 0]
    if len(a) > 2:
        return a.diagonal().prod()
    total = 0
    for column in range(len(a)):
        total = total + (-1) ** column * a[0, column] * determinant(strike(a, 0, column))
    return total


# %% wrong="determinant: always a volume, never negative, above two rows; breaks: a minus says that it was turned over"
def determinant(a: torch.Tensor) -> torch.Tensor:
    """The determinant of a square matrix (n, n), by cofactors along the first row."""
    if len(a) == 1:
        return a[0, 0]
    total = 0
    for column in range(len(a)):
        total = total + (-1) ** column * a[0, column] * determinant(strike(a, 0, column))
    return total.abs() if len(a) > 2 else total


# %% wrong="determinant: elimination without swaps divides by zero; breaks: by cofactors, for any square matrix (a zero at the first place)"
def determinant(a: torch.Tensor) -> torch.Tensor:
    if len(a) == 1:
        return a[0, 0]
    rest = strike(a, 0, 0) - torch.outer(a[1:, 0], a[0, 1:]) / a[0, 0]
    return a[0, 0] * determinant(rest)


# %% right="inverse: the blanks as they are meant"
def inverse(a: torch.Tensor, tiny: float) -> torch.Tensor:
    """The inverse of a square matrix (n, n), by its adjugate; ValueError when |det| is at most tiny."""
    n, volume = len(a), torch.linalg.det(a)
    if volume.abs() <= tiny:
        raise ValueError("this matrix is singular")
    cofactors = torch.empty(n, n)
    for i in range(n):
        for j in range(n):
            cofactors[i, j] = (-1) ** (i + j) * torch.linalg.det(strike(a, i, j))
    adjugate = cofactors.T
    return adjugate / volume


# %% right="inverse: the adjugate filled at once, without a transpose"
def inverse(a: torch.Tensor, tiny: float) -> torch.Tensor:
    """The inverse of a square matrix (n, n), by its adjugate; ValueError when |det| is at most tiny."""
    n, volume = len(a), torch.linalg.det(a)
    if volume.abs() <= tiny:
        raise ValueError("this matrix is singular")
    adjugate = a.new_zeros(n, n)
    for i in range(n):
        for j in range(n):
            adjugate[j, i] = (-1) ** (i - j) * torch.linalg.det(strike(a, i, j))
    return adjugate.mul(1 / volume)


# %% right="inverse: comprehension, signs by parity"
def inverse(a: torch.Tensor, tiny: float) -> torch.Tensor:
    n, volume = len(a), float(torch.linalg.det(a))
    if not abs(volume) > tiny:
        raise ValueError(f"this matrix is singular: {volume}")
    rows = []
    for i in range(n):
        minors = torch.stack([torch.linalg.det(strike(a, j, i)) for j in range(n)])
        rows.append(torch.where((torch.arange(n) + i) % 2 == 0, minors, -minors))
    return torch.stack(rows) / volume


# %% wrong="inverse: a negative determinant counts as singular; breaks: whether its size is at most tiny"
def inverse(a: torch.Tensor, tiny: float) -> torch.Tensor:
    """The inverse of a square matrix (n, n), by its adjugate; ValueError when |det| is at most tiny."""
    n, volume = len(a), torch.linalg.det(a)
    if volume <= tiny:
        raise ValueError("this matrix is singular")
    cofactors = torch.empty(n, n)
    for i in range(n):
        for j in range(n):
            cofactors[i, j] = (-1) ** (i + j) * torch.linalg.det(strike(a, i, j))
    adjugate = cofactors.T
    return adjugate / volume


# %% wrong="inverse: minus wherever row and column differ; breaks: the cofactor (-1) to the power i + j (three rows or more)"
def inverse(a: torch.Tensor, tiny: float) -> torch.Tensor:
    """The inverse of a square matrix (n, n), by its adjugate; ValueError when |det| is at most tiny."""
    n, volume = len(a), torch.linalg.det(a)
    if volume.abs() <= tiny:
        raise ValueError("this matrix is singular")
    cofactors = torch.empty(n, n)
    for i in range(n):
        for j in range(n):
            cofactors[i, j] = (-1) ** (int(i != j)) * torch.linalg.det(strike(a, i, j))
    adjugate = cofactors.T
    return adjugate / volume


# %% wrong="inverse: another sort of error; breaks: a singular matrix must end in a ValueError"
def inverse(a: torch.Tensor, tiny: float) -> torch.Tensor:
    """The inverse of a square matrix (n, n), by its adjugate; ValueError when |det| is at most tiny."""
    n, volume = len(a), torch.linalg.det(a)
    if volume.abs() <= tiny:
        raise ArithmeticError("this matrix is singular")
    cofactors = torch.empty(n, n)
    for i in range(n):
        for j in range(n):
            cofactors[i, j] = (-1) ** (i + j) * torch.linalg.det(strike(a, i, j))
    adjugate = cofactors.T
    return adjugate / volume


# %% wrong="inverse: divides by the size of the determinant; breaks: one over det A (negative determinants)"
def inverse(a: torch.Tensor, tiny: float) -> torch.Tensor:
    """The inverse of a square matrix (n, n), by its adjugate; ValueError when |det| is at most tiny."""
    n, volume = len(a), torch.linalg.det(a)
    if volume.abs() <= tiny:
        raise ValueError("this matrix is singular")
    cofactors = torch.empty(n, n)
    for i in range(n):
        for j in range(n):
            cofactors[i, j] = (-1) ** (i + j) * torch.linalg.det(strike(a, i, j))
    adjugate = cofactors.T
    return adjugate / volume.abs()


# %% wrong="inverse: strictly below tiny, so that zero with tiny 0 gets through; breaks: at most tiny"
def inverse(a: torch.Tensor, tiny: float) -> torch.Tensor:
    """The inverse of a square matrix (n, n), by its adjugate; ValueError when |det| is at most tiny."""
    n, volume = len(a), torch.linalg.det(a)
    if volume.abs() < tiny:
        raise ValueError("this matrix is singular")
    cofactors = torch.empty(n, n)
    for i in range(n):
        for j in range(n):
            cofactors[i, j] = (-1) ** (i + j) * torch.linalg.det(strike(a, i, j))
    adjugate = cofactors.T
    return adjugate / volume


# %% right="gram_schmidt: shadows one after the other"
def gram_schmidt(a: torch.Tensor, tiny: float) -> torch.Tensor:
    """The basis (rows, rank) that Gram–Schmidt finds for the columns of a (rows, columns), not all of them zero."""
    found = []
    for column in a.T:
        left = column
        for q in found:
            left = left - (q @ left) * q
        if left.norm() > tiny * column.norm():
            found.append(left / left.norm())
    return torch.stack(found, dim=1)


# %% right="gram_schmidt: a growing matrix, shadows twice"
def gram_schmidt(a: torch.Tensor, tiny: float) -> torch.Tensor:
    basis = a[:, :0]
    for k in range(a.shape[1]):
        x = a[:, k : k + 1]
        rest = x - basis @ (basis.T @ x)
        rest = rest - basis @ (basis.T @ rest)
        if torch.linalg.norm(rest) <= tiny * torch.linalg.norm(x):
            continue
        basis = torch.cat([basis, rest / torch.linalg.norm(rest)], dim=1)
    return basis


# %% right="gram_schmidt: recursion on all columns but the last"
def collect(columns, tiny):
    if not columns:
        return []
    *before, last = columns
    basis = collect(before, tiny)
    rest = last.clone()
    for q in basis:
        rest -= torch.dot(q, rest) * q
    length = rest.square().sum().sqrt()
    return basis + [rest / length] if length > tiny * last.square().sum().sqrt() else basis


def gram_schmidt(a: torch.Tensor, tiny: float) -> torch.Tensor:
    return torch.stack(collect(list(a.unbind(1)), tiny)).T


# %% wrong="gram_schmidt: what is left is measured by tiny alone; breaks: at most tiny times the length of the column"
def gram_schmidt(a: torch.Tensor, tiny: float) -> torch.Tensor:
    """The basis (rows, rank) that Gram–Schmidt finds for the columns of a (rows, columns), not all of them zero."""
    found = []
    for column in a.T:
        left = column
        for q in found:
            left = left - (q @ left) * q
        if left.norm() > tiny:
            found.append(left / left.norm())
    return torch.stack(found, dim=1)


# %% wrong="gram_schmidt: turned so that the first entry is positive; breaks: the direction of what was left (not the opposite one)"
def gram_schmidt(a: torch.Tensor, tiny: float) -> torch.Tensor:
    """The basis (rows, rank) that Gram–Schmidt finds for the columns of a (rows, columns), not all of them zero."""
    found = []
    for column in a.T:
        left = column
        for q in found:
            left = left - (q @ left) * q
        if left.norm() > tiny * column.norm():
            unit = left / left.norm()
            found.append(-unit if unit[0] < 0 else unit)
    return torch.stack(found, dim=1)


# %% wrong="gram_schmidt: only the shadow on the last collected vector goes; breaks: remove the shadows on what you have already"
def gram_schmidt(a: torch.Tensor, tiny: float) -> torch.Tensor:
    """The basis (rows, rank) that Gram–Schmidt finds for the columns of a (rows, columns), not all of them zero."""
    found = []
    for column in a.T:
        left = column
        for q in found[-1:]:
            left = left - (q @ left) * q
        if left.norm() > tiny * column.norm():
            found.append(left / left.norm())
    return torch.stack(found, dim=1)


# %% wrong="gram_schmidt: stops at the first dependent column; breaks: skip a column"
def gram_schmidt(a: torch.Tensor, tiny: float) -> torch.Tensor:
    """The basis (rows, rank) that Gram–Schmidt finds for the columns of a (rows, columns), not all of them zero."""
    found = []
    for column in a.T:
        left = column
        for q in found:
            left = left - (q @ left) * q
        if left.norm() <= tiny * column.norm():
            break
        found.append(left / left.norm())
    return torch.stack(found, dim=1)


# %% wrong="gram_schmidt: longest columns first; breaks: in the order of the columns that they came from"
def gram_schmidt(a: torch.Tensor, tiny: float) -> torch.Tensor:
    """The basis (rows, rank) that Gram–Schmidt finds for the columns of a (rows, columns), not all of them zero."""
    found = []
    for column in a.T[a.norm(dim=0).argsort(descending=True, stable=True)]:
        left = column
        for q in found:
            left = left - (q @ left) * q
        if left.norm() > tiny * column.norm():
            found.append(left / left.norm())
    return torch.stack(found, dim=1)


# %% right="eliminate: the blanks as they are meant"
def eliminate(a: torch.Tensor) -> tuple[list[int], torch.Tensor, torch.Tensor, torch.Tensor]:
    """The order of the rows, L and U (n, n) with a[order] = L @ U, and the determinant, for an invertible a (n, n)."""
    work, order, sign = a.clone(), list(range(len(a))), 1
    for k in range(len(a)):
        pivot = k + int(work[k:, k].abs().argmax())
        if pivot != k:
            work[[k, pivot]] = work[[pivot, k]]
            order[k], order[pivot] = order[pivot], order[k]
            sign = -sign
        for row in range(k + 1, len(a)):
            work[row, k] /= work[k, k]
            work[row, k + 1 :] -= work[row, k] * work[k, k + 1 :]
    lower, upper = work.tril(-1) + torch.eye(len(a)), work.triu()
    return order, lower, upper, sign * upper.diagonal().prod()


# %% right="eliminate: outer product for all rows at once, separate L and U"
def eliminate(a: torch.Tensor) -> tuple[list[int], torch.Tensor, torch.Tensor, torch.Tensor]:
    n = a.shape[0]
    upper, lower, order, swaps = a.clone(), torch.zeros_like(a), list(range(n)), 0
    for k in range(n):
        pivot = k + upper[k:, k].abs().max(dim=0).indices.item()
        if pivot > k:
            for table in (upper, lower):
                table[[k, pivot]] = table[[pivot, k]]
            order[k], order[pivot] = order[pivot], order[k]
            swaps += 1
        lower[k:, k] = upper[k:, k] / upper[k, k]
        upper[k + 1 :] -= torch.outer(lower[k + 1 :, k], upper[k])
        upper[k + 1 :, k] = 0
    return order, lower, upper, (-1) ** swaps * torch.prod(torch.diagonal(upper))


# %% right="eliminate: plain lists of numbers"
def eliminate(a: torch.Tensor) -> tuple[list[int], torch.Tensor, torch.Tensor, torch.Tensor]:
    rows, n, volume = a.tolist(), len(a), 1.0
    order = list(range(n))
    for k in range(n):
        pivot = max(range(k, n), key=lambda r: abs(rows[r][k]))
        if pivot != k:
            rows[k], rows[pivot] = rows[pivot], rows[k]
            order[k], order[pivot] = order[pivot], order[k]
            volume = -volume
        volume *= rows[k][k]
        for r in range(k + 1, n):
            share = rows[r][k] / rows[k][k]
            rows[r] = rows[r][:k] + [share] + [x - share * y for x, y in zip(rows[r][k + 1 :], rows[k][k + 1 :])]
    work = torch.tensor(rows, dtype=a.dtype)
    return order, work.tril(-1) + torch.eye(n, dtype=a.dtype), work.triu(), torch.tensor(volume, dtype=a.dtype)


# %% wrong="eliminate: the largest entry, not the largest size; breaks: the entry of largest size in what is left of the column"
def eliminate(a: torch.Tensor) -> tuple[list[int], torch.Tensor, torch.Tensor, torch.Tensor]:
    """The order of the rows, L and U (n, n) with a[order] = L @ U, and the determinant, for an invertible a (n, n)."""
    work, order, sign = a.clone(), list(range(len(a))), 1
    for k in range(len(a)):
        pivot = k + int(work[k:, k].argmax(0))
        if pivot != k:
            work[[k, pivot]] = work[[pivot, k]]
            order[k], order[pivot] = order[pivot], order[k]
            sign = -sign
        for row in range(k + 1, len(a)):
            work[row, k] /= work[k, k]
            work[row, k + 1 :] -= work[row, k] * work[k, k + 1 :]
    lower, upper = work.tril(-1) + torch.eye(len(a)), work.triu()
    return order, lower, upper, sign * upper.diagonal().prod()


# %% wrong="eliminate: the sign is minus after any number of swaps; breaks: a swap turns its sign"
def eliminate(a: torch.Tensor) -> tuple[list[int], torch.Tensor, torch.Tensor, torch.Tensor]:
    """The order of the rows, L and U (n, n) with a[order] = L @ U, and the determinant, for an invertible a (n, n)."""
    work, order, sign = a.clone(), list(range(len(a))), 1
    for k in range(len(a)):
        pivot = k + int(work[k:, k].abs().argmax())
        if pivot != k:
            work[[k, pivot]] = work[[pivot, k]]
            order[k], order[pivot] = order[pivot], order[k]
            sign = -1
        for row in range(k + 1, len(a)):
            work[row, k] /= work[k, k]
            work[row, k + 1 :] -= work[row, k] * work[k, k + 1 :]
    lower, upper = work.tril(-1) + torch.eye(len(a)), work.triu()
    return order, lower, upper, sign * upper.diagonal().prod()


# %% wrong="eliminate: multipliers stay behind when rows are swapped; breaks: the rows of A in a new order are L U (three rows or more)"
def eliminate(a: torch.Tensor) -> tuple[list[int], torch.Tensor, torch.Tensor, torch.Tensor]:
    """The order of the rows, L and U (n, n) with a[order] = L @ U, and the determinant, for an invertible a (n, n)."""
    work, order, sign = a.clone(), list(range(len(a))), 1
    for k in range(len(a)):
        pivot = k + int(work[k:, k].abs().argmax())
        if pivot != k:
            work[[k, pivot], k:] = work[[pivot, k], k:]
            order[k], order[pivot] = order[pivot], order[k]
            sign = -sign
        for row in range(k + 1, len(a)):
            work[row, k] /= work[k, k]
            work[row, k + 1 :] -= work[row, k] * work[k, k + 1 :]
    lower, upper = work.tril(-1) + torch.eye(len(a)), work.triu()
    return order, lower, upper, sign * upper.diagonal().prod()


# %% wrong="eliminate: tells where each row went instead of where it came from; breaks: a[order] = L @ U (orders that are not their own inverse)"
def eliminate(a: torch.Tensor) -> tuple[list[int], torch.Tensor, torch.Tensor, torch.Tensor]:
    """The order of the rows, L and U (n, n) with a[order] = L @ U, and the determinant, for an invertible a (n, n)."""
    work, order, sign = a.clone(), list(range(len(a))), 1
    for k in range(len(a)):
        pivot = k + int(work[k:, k].abs().argmax())
        if pivot != k:
            work[[k, pivot]] = work[[pivot, k]]
            order[k], order[pivot] = order[pivot], order[k]
            sign = -sign
        for row in range(k + 1, len(a)):
            work[row, k] /= work[k, k]
            work[row, k + 1 :] -= work[row, k] * work[k, k + 1 :]
    lower, upper = work.tril(-1) + torch.eye(len(a)), work.triu()
    return [order.index(k) for k in range(len(a))], lower, upper, sign * upper.diagonal().prod()


# %% wrong="eliminate: size of the pivots; breaks: the determinant of a triangle is the product of its diagonal (negative pivots)"
def eliminate(a: torch.Tensor) -> tuple[list[int], torch.Tensor, torch.Tensor, torch.Tensor]:
    """The order of the rows, L and U (n, n) with a[order] = L @ U, and the determinant, for an invertible a (n, n)."""
    work, order, sign = a.clone(), list(range(len(a))), 1
    for k in range(len(a)):
        pivot = k + int(work[k:, k].abs().argmax())
        if pivot != k:
            work[[k, pivot]] = work[[pivot, k]]
            order[k], order[pivot] = order[pivot], order[k]
            sign = -sign
        for row in range(k + 1, len(a)):
            work[row, k] /= work[k, k]
            work[row, k + 1 :] -= work[row, k] * work[k, k + 1 :]
    lower, upper = work.tril(-1) + torch.eye(len(a)), work.triu()
    return order, lower, upper, sign * upper.diagonal().abs().prod()


# %% right="least_squares: normal equations, solve"
def least_squares(a: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The x with the smallest |a x - y|, and a x, for a (n, k) and y (n,) or (n, problems)."""
    x = torch.linalg.solve(a.T @ a, a.T @ y)
    return x, a @ x


# %% right="least_squares: QR factorisation"
def least_squares(a: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    q, r = torch.linalg.qr(a)
    numbers = q.T @ y
    flat = numbers.ndim == 1
    x = torch.linalg.solve_triangular(r, numbers[:, None] if flat else numbers, upper=True)
    return x[:, 0] if flat else x, q @ numbers


# %% right="least_squares: one Cholesky, with a helper for several problems"
def least_squares(a: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    table = y.reshape(len(y), -1)
    root = torch.linalg.cholesky(torch.mm(a.t(), a))
    weights = torch.cholesky_solve(torch.mm(a.t(), table), root)
    shadow = torch.mm(a, weights)
    if y.dim() == 1:
        return weights.squeeze(-1), shadow.squeeze(-1)
    return weights, shadow


# %% wrong="least_squares: returns what is left instead of the shadow; breaks: return the weights x and the shadow"
def least_squares(a: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The x with the smallest |a x - y|, and a x, for a (n, k) and y (n,) or (n, problems)."""
    x = torch.linalg.solve(a.T @ a, a.T @ y)
    return x, y - a @ x


# %% wrong="least_squares: drops an axis of length one; breaks: y (n, problems) with a single problem, one problem in each column"
def least_squares(a: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The x with the smallest |a x - y|, and a x, for a (n, k) and y (n,) or (n, problems)."""
    x = torch.linalg.solve(a.T @ a, a.T @ y)
    return x.squeeze(), (a @ x).squeeze()


# %% wrong="least_squares: solves two unknowns by hand, whatever the number; breaks: a (n, k)"
def least_squares(a: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The x with the smallest |a x - y|, and a x, for a (n, k) and y (n,) or (n, problems)."""
    (p, q), (r, s) = (a.T @ a)[:2, :2]
    x = torch.stack([torch.stack([s, -q]), torch.stack([-r, p])]) / (p * s - q * r) @ (a[:, :2].T @ y)
    a = a[:, :2]
    return x, a @ x


# %% wrong="least_squares: a little ridge on the diagonal, which shrinks x when a is small; breaks: the smallest |a x - y|"
def least_squares(a: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The x with the smallest |a x - y|, and a x, for a (n, k) and y (n,) or (n, problems)."""
    x = torch.linalg.solve(a.T @ a + 1e-6 * torch.eye(a.shape[1], dtype=a.dtype), a.T @ y)
    return x, a @ x


# %% wrong="least_squares: a pseudo-inverse that throws away directions below a fifth of the strongest; breaks: the x with the smallest |a x - y| (columns of different size)"
def least_squares(a: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The x with the smallest |a x - y|, and a x, for a (n, k) and y (n,) or (n, problems)."""
    x = torch.linalg.pinv(a, rtol=0.2) @ y
    return x, a @ x


# %% right="definiteness: counts of plus and minus"
def quadratic(a: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """The value of the quadratic form of a (n, n) at x (n,)."""
    return x @ a @ x


def definiteness(a: torch.Tensor, tiny: float) -> str:
    """Which of the five kinds a symmetric matrix (n, n) is, for example "negative semidefinite"."""
    values = torch.linalg.eigvalsh(a)
    plus, minus = (values > tiny).sum(), (values < -tiny).sum()
    if plus and minus:
        return "indefinite"
    kind = "definite" if plus + minus == len(values) else "semidefinite"
    return ("positive " if plus else "negative ") + kind


# %% right="definiteness: smallest and largest eigenvalue, nested ifs; einsum"
def quadratic(a: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    return torch.einsum("i,ij,j->", x, a, x)


def definiteness(a: torch.Tensor, tiny: float) -> str:
    values = torch.linalg.eigvalsh(a).tolist()
    lowest, highest = values[0], values[-1]
    if lowest > tiny:
        return "positive definite"
    if highest < -tiny:
        return "negative definite"
    if lowest >= -tiny:
        return "positive semidefinite"
    if highest <= tiny:
        return "negative semidefinite"
    return "indefinite"


# %% right="definiteness: a set of signs looked up in a table; double sum"
def quadratic(a: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    return (a * torch.outer(x, x)).sum()


NAMES = {
    (1,): "positive definite",
    (0, 1): "positive semidefinite",
    (-1,): "negative definite",
    (-1, 0): "negative semidefinite",
}


def definiteness(a: torch.Tensor, tiny: float) -> str:
    signs = {0 if abs(value) <= tiny else (1 if value > 0 else -1) for value in torch.linalg.eigvalsh(a)}
    return NAMES.get(tuple(sorted(signs)), "indefinite")


# %% wrong="definiteness: looks at the diagonal; breaks: the signs of the eigenvalues (entries off the diagonal)"
def quadratic(a: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """The value of the quadratic form of a (n, n) at x (n,)."""
    return x @ a @ x


def definiteness(a: torch.Tensor, tiny: float) -> str:
    """Which of the five kinds a symmetric matrix (n, n) is, for example "negative semidefinite"."""
    values = a.diagonal()
    plus, minus = (values > tiny).sum(), (values < -tiny).sum()
    if plus and minus:
        return "indefinite"
    kind = "definite" if plus + minus == len(values) else "semidefinite"
    return ("positive " if plus else "negative ") + kind


# %% wrong="definiteness: any zero makes it semidefinite, even with both signs; breaks: both signs are indefinite"
def quadratic(a: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """The value of the quadratic form of a (n, n) at x (n,)."""
    return x @ a @ x


def definiteness(a: torch.Tensor, tiny: float) -> str:
    """Which of the five kinds a symmetric matrix (n, n) is, for example "negative semidefinite"."""
    values = torch.linalg.eigvalsh(a)
    plus, minus = (values > tiny).sum(), (values < -tiny).sum()
    if plus and minus and plus + minus == len(values):
        return "indefinite"
    kind = "definite" if plus + minus == len(values) else "semidefinite"
    return ("positive " if plus else "negative ") + kind


# %% wrong="definiteness: a fixed limit for zero; breaks: an eigenvalue whose size is at most tiny counts as zero"
def quadratic(a: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """The value of the quadratic form of a (n, n) at x (n,)."""
    return x @ a @ x


def definiteness(a: torch.Tensor, tiny: float) -> str:
    """Which of the five kinds a symmetric matrix (n, n) is, for example "negative semidefinite"."""
    values = torch.linalg.eigvalsh(a)
    tiny = 1e-6
    plus, minus = (values > tiny).sum(), (values < -tiny).sum()
    if plus and minus:
        return "indefinite"
    kind = "definite" if plus + minus == len(values) else "semidefinite"
    return ("positive " if plus else "negative ") + kind


# %% wrong="definiteness: an eigenvalue equal to tiny counts; breaks: at most tiny counts as zero"
def quadratic(a: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """The value of the quadratic form of a (n, n) at x (n,)."""
    return x @ a @ x


def definiteness(a: torch.Tensor, tiny: float) -> str:
    """Which of the five kinds a symmetric matrix (n, n) is, for example "negative semidefinite"."""
    values = torch.linalg.eigvalsh(a)
    plus, minus = (values >= tiny).sum(), (values <= -tiny).sum()
    if plus and minus:
        return "indefinite"
    kind = "definite" if plus + minus == len(values) else "semidefinite"
    return ("positive " if plus else "negative ") + kind


# %% wrong="definiteness: tiny is multiplied by the largest eigenvalue; breaks: whose size is at most tiny"
def quadratic(a: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """The value of the quadratic form of a (n, n) at x (n,)."""
    return x @ a @ x


def definiteness(a: torch.Tensor, tiny: float) -> str:
    """Which of the five kinds a symmetric matrix (n, n) is, for example "negative semidefinite"."""
    values = torch.linalg.eigvalsh(a)
    tiny = tiny * values.abs().max()
    plus, minus = (values > tiny).sum(), (values < -tiny).sum()
    if plus and minus:
        return "indefinite"
    kind = "definite" if plus + minus == len(values) else "semidefinite"
    return ("positive " if plus else "negative ") + kind


# %% right="cholesky: the blanks as they are meant"
def cholesky(a: torch.Tensor) -> torch.Tensor:
    """The lower triangular L (n, n) with positive diagonal and L @ L.T = a, for a positive definite a."""
    low = torch.zeros_like(a)
    for j in range(len(a)):
        known = low[j:, :j] @ low[j, :j]
        left = a[j:, j] - known
        low[j:, j] = left / left[0].sqrt()
    return low


# %% right="cholesky: entry by entry, three loops"
def cholesky(a: torch.Tensor) -> torch.Tensor:
    n = a.shape[0]
    low = a.new_zeros(n, n)
    for i in range(n):
        for j in range(i + 1):
            rest = a[i, j].clone()
            for k in range(j):
                rest -= low[i, k] * low[j, k]
            low[i, j] = rest.sqrt() if i == j else rest / low[j, j]
    return low


# %% right="cholesky: what is left of the whole matrix, by outer products"
def cholesky(a: torch.Tensor) -> torch.Tensor:
    left, columns = a.clone(), []
    for j in range(len(a)):
        column = left[:, j] / left[j, j] ** 0.5
        column = torch.cat([torch.zeros(j, dtype=a.dtype), column[j:]])
        left = left - torch.outer(column, column)
        columns.append(column)
    return torch.stack(columns, dim=1)


# %% wrong="cholesky: takes away only the column before; breaks: up to column j all of that is known, take it away (three columns or more)"
def cholesky(a: torch.Tensor) -> torch.Tensor:
    """The lower triangular L (n, n) with positive diagonal and L @ L.T = a, for a positive definite a."""
    low = torch.zeros_like(a)
    for j in range(len(a)):
        known = low[j:, max(j - 1, 0) : j] @ low[j, max(j - 1, 0) : j]
        left = a[j:, j] - known
        low[j:, j] = left / left[0].sqrt()
    return low


# %% wrong="cholesky: sizes of the known entries; breaks: the dot product of rows i and j (negative entries)"
def cholesky(a: torch.Tensor) -> torch.Tensor:
    """The lower triangular L (n, n) with positive diagonal and L @ L.T = a, for a positive definite a."""
    low = torch.zeros_like(a)
    for j in range(len(a)):
        known = low[j:, :j].abs() @ low[j, :j].abs()
        left = a[j:, j] - known
        low[j:, j] = left / left[0].sqrt()
    return low


# %% wrong="cholesky: negative entries become zero; breaks: L L transposed is a (negative covariances)"
def cholesky(a: torch.Tensor) -> torch.Tensor:
    """The lower triangular L (n, n) with positive diagonal and L @ L.T = a, for a positive definite a."""
    low = torch.zeros_like(a)
    for j in range(len(a)):
        known = low[j:, :j] @ low[j, :j]
        left = (a[j:, j] - known).clamp(min=0)
        low[j:, j] = left / left[0].sqrt()
    return low


# %% wrong="cholesky: never divides by less than one; breaks: what is left determines the new entry (variances below one)"
def cholesky(a: torch.Tensor) -> torch.Tensor:
    """The lower triangular L (n, n) with positive diagonal and L @ L.T = a, for a positive definite a."""
    low = torch.zeros_like(a)
    for j in range(len(a)):
        known = low[j:, :j] @ low[j, :j]
        left = a[j:, j] - known
        low[j:, j] = left / left[0].clamp(min=1).sqrt()
    return low


# %% wrong="cholesky: a whole number as the root; breaks: L @ L.T = a"
def cholesky(a: torch.Tensor) -> torch.Tensor:
    """The lower triangular L (n, n) with positive diagonal and L @ L.T = a, for a positive definite a."""
    low = torch.zeros_like(a)
    for j in range(len(a)):
        known = low[j:, :j] @ low[j, :j]
        left = a[j:, j] - known
        low[j:, j] = left / left[0].sqrt().ceil()
    return low


# %% right="eigen_powers: the blanks as they are meant"
def eigenvalues_2x2(a: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The larger and the smaller eigenvalue of a (2, 2) matrix whose eigenvalues are real."""
    mean = (a[0, 0] + a[1, 1]) / 2
    product = a[0, 0] * a[1, 1] - a[0, 1] * a[1, 0]
    spread = (mean**2 - product).sqrt()
    return mean + spread, mean - spread


def power(a: torch.Tensor, k: int) -> torch.Tensor:
    """The k-th power of a matrix (n, n) with n independent eigenvectors."""
    values, vectors = torch.linalg.eig(a)
    powers = torch.diag(values**k)
    return (vectors @ powers @ torch.linalg.inv(vectors)).real


# %% right="eigen_powers: spread from the difference of the diagonal, clamped; diag_embed"
def eigenvalues_2x2(a: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The larger and the smaller eigenvalue of a (2, 2) matrix whose eigenvalues are real."""
    mean = (a[0, 0] + a[1, 1]) / 2
    product = a[0, 0] * a[1, 1] - a[0, 1] * a[1, 0]
    spread = (mean.square() - product).clamp(min=0).sqrt()
    return mean + spread, mean - spread


def power(a: torch.Tensor, k: int) -> torch.Tensor:
    """The k-th power of a matrix (n, n) with n independent eigenvectors."""
    values, vectors = torch.linalg.eig(a)
    powers = torch.diag_embed(values.pow(k))
    return (vectors @ powers @ torch.linalg.inv(vectors)).real


# %% right="eigen_powers: trace and det, columns scaled instead of a diagonal matrix, solve"
def eigenvalues_2x2(a: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    mean = a.trace() / 2
    spread = (((a[0, 0] - a[1, 1]) / 2) ** 2 + a[0, 1] * a[1, 0]).sqrt()
    return mean + spread, mean - spread


def power(a: torch.Tensor, k: int) -> torch.Tensor:
    values, vectors = torch.linalg.eig(a)
    scaled = vectors * values**k
    return torch.linalg.solve(vectors.mT, scaled.mT).mT.real


# %% wrong="eigen_powers: takes the matrix for symmetric; breaks: the product of the eigenvalues is the determinant"
def eigenvalues_2x2(a: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The larger and the smaller eigenvalue of a (2, 2) matrix whose eigenvalues are real."""
    mean = (a[0, 0] + a[1, 1]) / 2
    product = a[0, 0] * a[1, 1] - a[0, 1] ** 2
    spread = (mean**2 - product).sqrt()
    return mean + spread, mean - spread


def power(a: torch.Tensor, k: int) -> torch.Tensor:
    """The k-th power of a matrix (n, n) with n independent eigenvectors."""
    values, vectors = torch.linalg.eig(a)
    powers = torch.diag(values**k)
    return (vectors @ powers @ torch.linalg.inv(vectors)).real


# %% wrong="eigen_powers: the transpose instead of the inverse of the eigenvectors; breaks: V D to the k V inverse (vectors not at right angles)"
def eigenvalues_2x2(a: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The larger and the smaller eigenvalue of a (2, 2) matrix whose eigenvalues are real."""
    mean = (a[0, 0] + a[1, 1]) / 2
    product = a[0, 0] * a[1, 1] - a[0, 1] * a[1, 0]
    spread = (mean**2 - product).sqrt()
    return mean + spread, mean - spread


def power(a: torch.Tensor, k: int) -> torch.Tensor:
    """The k-th power of a matrix (n, n) with n independent eigenvectors."""
    values, vectors = torch.linalg.eig(a)
    powers = torch.diag(values**k)
    return (vectors @ powers @ torch.adjoint(vectors)).real


# %% wrong="eigen_powers: a symmetric solver; breaks: a matrix with n independent eigenvectors (not symmetric ones)"
def eigenvalues_2x2(a: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The larger and the smaller eigenvalue of a (2, 2) matrix whose eigenvalues are real."""
    mean = (a[0, 0] + a[1, 1]) / 2
    product = a[0, 0] * a[1, 1] - a[0, 1] * a[1, 0]
    spread = (mean**2 - product).sqrt()
    return mean + spread, mean - spread


def power(a: torch.Tensor, k: int) -> torch.Tensor:
    """The k-th power of a matrix (n, n) with n independent eigenvectors."""
    values, vectors = torch.linalg.eigh(a)
    powers = torch.diag(values**k)
    return (vectors @ powers @ torch.linalg.inv(vectors)).real


# %% wrong="eigen_powers: powers of the zeros beside the diagonal too, so the power 0 is not the identity; breaks: the powers of a few numbers on the diagonal (k = 0)"
def eigenvalues_2x2(a: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The larger and the smaller eigenvalue of a (2, 2) matrix whose eigenvalues are real."""
    mean = (a[0, 0] + a[1, 1]) / 2
    product = a[0, 0] * a[1, 1] - a[0, 1] * a[1, 0]
    spread = (mean**2 - product).sqrt()
    return mean + spread, mean - spread


def power(a: torch.Tensor, k: int) -> torch.Tensor:
    """The k-th power of a matrix (n, n) with n independent eigenvectors."""
    values, vectors = torch.linalg.eig(a)
    powers = torch.diag(values) ** k
    return (vectors @ powers @ torch.linalg.inv(vectors)).real


# %% wrong="eigen_powers: imaginary parts are dropped before the product; breaks: in the product the imaginary parts cancel (a turn)"
def eigenvalues_2x2(a: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The larger and the smaller eigenvalue of a (2, 2) matrix whose eigenvalues are real."""
    mean = (a[0, 0] + a[1, 1]) / 2
    product = a[0, 0] * a[1, 1] - a[0, 1] * a[1, 0]
    spread = (mean**2 - product).sqrt()
    return mean + spread, mean - spread


def power(a: torch.Tensor, k: int) -> torch.Tensor:
    """The k-th power of a matrix (n, n) with n independent eigenvectors."""
    values, vectors = torch.linalg.eig(a)
    values, vectors = values.real, vectors.real
    powers = torch.diag(values**k)
    return vectors @ powers @ torch.linalg.inv(vectors)


# %% right="power_iteration: a loop of two lines"
def power_iteration(a: torch.Tensor, start: torch.Tensor, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The estimated eigenvalue, and the unit vector after `steps` steps, for a (n, n) and start (n,)."""
    vector = start
    for _ in range(steps):
        vector = a @ vector
        vector = vector / vector.norm()
    return vector @ a @ vector, vector


# %% right="power_iteration: normalize of torch.nn.functional, mv and dot"
def power_iteration(a: torch.Tensor, start: torch.Tensor, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    v = start.clone()
    for _ in range(steps):
        v = torch.nn.functional.normalize(a.mv(v), dim=0, eps=0.0)
    return torch.dot(v, a.mv(v)), v


# %% right="power_iteration: recursion"
def power_iteration(a: torch.Tensor, start: torch.Tensor, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    if steps == 0:
        return torch.einsum("i,ij,j->", start, a, start), start
    moved = torch.matmul(a, start)
    return power_iteration(a, moved / (moved @ moved) ** 0.5, steps - 1)


# %% wrong="power_iteration: the length of a v as the eigenvalue; breaks: the quadratic form of the unit vector (negative eigenvalues)"
def power_iteration(a: torch.Tensor, start: torch.Tensor, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The estimated eigenvalue, and the unit vector after `steps` steps, for a (n, n) and start (n,)."""
    vector = start
    for _ in range(steps):
        vector = a @ vector
        vector = vector / vector.norm()
    return (a @ vector).norm(), vector


# %% wrong="power_iteration: ratio of the first entries; breaks: estimate by the quadratic form"
def power_iteration(a: torch.Tensor, start: torch.Tensor, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The estimated eigenvalue, and the unit vector after `steps` steps, for a (n, n) and start (n,)."""
    vector = start
    for _ in range(steps):
        vector = a @ vector
        vector = vector / vector.norm()
    return (a @ vector)[0] / vector[0], vector


# %% wrong="power_iteration: scales at the end only, and overflows; breaks: scale to length 1 after every step"
def power_iteration(a: torch.Tensor, start: torch.Tensor, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The estimated eigenvalue, and the unit vector after `steps` steps, for a (n, n) and start (n,)."""
    vector = start
    for _ in range(steps):
        vector = a @ vector
    vector = vector / vector.norm()
    return vector @ a @ vector, vector


# %% wrong="power_iteration: turned so that the sum is positive; breaks: multiply and scale to length 1 (a sign is not taken away)"
def power_iteration(a: torch.Tensor, start: torch.Tensor, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The estimated eigenvalue, and the unit vector after `steps` steps, for a (n, n) and start (n,)."""
    vector = start
    for _ in range(steps):
        vector = a @ vector
        vector = vector / vector.norm()
    vector = vector * vector.sum().sign()
    return vector @ a @ vector, vector


# %% wrong="power_iteration: stops when the vector hardly moves; breaks: the given number of times"
def power_iteration(a: torch.Tensor, start: torch.Tensor, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The estimated eigenvalue, and the unit vector after `steps` steps, for a (n, n) and start (n,)."""
    vector = start
    for _ in range(steps):
        moved = a @ vector / (a @ vector).norm()
        done = (moved - vector).norm() < 0.1
        vector = moved
        if done:
            break
    return vector @ a @ vector, vector


# %% right="low_rank: the blanks as they are meant"
def low_rank(a: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The best approximation of rank k of a matrix, its error in the Frobenius norm, and the spectral norm of a."""
    u, s, vh = torch.linalg.svd(a)
    approximation = u[:, :k] @ torch.diag(s[:k]) @ vh[:k]
    error = s[k:].square().sum().sqrt()
    spectral = s[0]
    return approximation, error, spectral


# %% right="low_rank: thin factors, columns scaled, error of the difference"
def low_rank(a: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The best approximation of rank k of a matrix, its error in the Frobenius norm, and the spectral norm of a."""
    u, s, vh = torch.linalg.svd(a, full_matrices=False)
    approximation = (u[:, :k] * s[:k]) @ vh[:k, :]
    error = (a - approximation).square().sum().sqrt()
    spectral = s.max()
    return approximation, error, spectral


# %% right="low_rank: a sum of tables of rank one"
def low_rank(a: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    u, s, vh = torch.linalg.svd(a, full_matrices=False)
    total = torch.zeros_like(a)
    for place in range(k):
        total = total + s[place] * torch.outer(u[:, place], vh[place])
    return total, torch.linalg.vector_norm(s[k:]), torch.linalg.matrix_norm(a, ord=2)


# %% wrong="low_rank: only the first singular value that is left out; breaks: the error is the root of the sum of squares of all left out"
def low_rank(a: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The best approximation of rank k of a matrix, its error in the Frobenius norm, and the spectral norm of a."""
    u, s, vh = torch.linalg.svd(a)
    approximation = u[:, :k] @ torch.diag(s[:k]) @ vh[:k]
    error = s[k : k + 1].square().sum().sqrt()
    spectral = s[0]
    return approximation, error, spectral


# %% wrong="low_rank: sum of the singular values left out; breaks: root of the sum of squares"
def low_rank(a: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The best approximation of rank k of a matrix, its error in the Frobenius norm, and the spectral norm of a."""
    u, s, vh = torch.linalg.svd(a)
    approximation = u[:, :k] @ torch.diag(s[:k]) @ vh[:k]
    error = s[k:].sum()
    spectral = s[0]
    return approximation, error, spectral


# %% wrong="low_rank: Frobenius norm of the approximation as the spectral norm; breaks: the largest singular value (k above 1)"
def low_rank(a: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The best approximation of rank k of a matrix, its error in the Frobenius norm, and the spectral norm of a."""
    u, s, vh = torch.linalg.svd(a)
    approximation = u[:, :k] @ torch.diag(s[:k]) @ vh[:k]
    error = s[k:].square().sum().sqrt()
    spectral = s[:k].norm()
    return approximation, error, spectral


# %% wrong="low_rank: turns with the same factor on both sides; breaks: U Sigma V transposed (matrices that are not symmetric)"
def low_rank(a: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The best approximation of rank k of a matrix, its error in the Frobenius norm, and the spectral norm of a."""
    u, s, vh = torch.linalg.svd(a)
    approximation = u[:, :k] @ torch.diag(s[:k]) @ (u[:, :k].T if a.shape[0] == a.shape[1] else vh[:k])
    error = s[k:].square().sum().sqrt()
    spectral = s[0]
    return approximation, error, spectral


# %% wrong="low_rank: keeps the upper left corner of the matrix; breaks: the best approximation of rank k"
def low_rank(a: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The best approximation of rank k of a matrix, its error in the Frobenius norm, and the spectral norm of a."""
    u, s, vh = torch.linalg.svd(a)
    approximation = torch.zeros_like(a)
    approximation[:k, :k] = a[:k, :k]
    error = s[k:].square().sum().sqrt()
    spectral = s[0]
    return approximation, error, spectral


# %% right="subspaces: SVD and a count"
def subspaces(a: torch.Tensor, tiny: float) -> tuple[int, torch.Tensor, torch.Tensor]:
    """The rank of a (rows, columns), a basis (rows, rank) of its range, and one (columns, n) of its null space."""
    u, s, vh = torch.linalg.svd(a)
    rank = int((s > tiny * s[0]).sum())
    return rank, u[:, :rank], vh[rank:].T


# %% right="subspaces: the null space from the complete QR of the rows"
def subspaces(a: torch.Tensor, tiny: float) -> tuple[int, torch.Tensor, torch.Tensor]:
    s = torch.linalg.svdvals(a)
    rank = sum(1 for value in s.tolist() if value > tiny * s.max().item())
    reach = torch.linalg.svd(a, full_matrices=False).U[:, :rank]
    rows = torch.linalg.svd(a.T, full_matrices=False).U[:, :rank]
    unseen = torch.linalg.qr(rows, mode="complete").Q[:, rank:]
    return rank, reach, unseen


# %% right="subspaces: masks; padded with False up to the number of columns"
def subspaces(a: torch.Tensor, tiny: float) -> tuple[int, torch.Tensor, torch.Tensor]:
    left, sizes, right = torch.linalg.svd(a, full_matrices=True)
    alive = sizes > tiny * sizes.amax()
    seen = torch.zeros(a.shape[1], dtype=torch.bool)
    seen[: len(alive)] = alive
    return alive.sum().item(), left[:, : len(alive)][:, alive], right[~seen].mT


# %% wrong="subspaces: thin factors, so a wide matrix has too small a null space; breaks: dimension and rank add up to the number of columns"
def subspaces(a: torch.Tensor, tiny: float) -> tuple[int, torch.Tensor, torch.Tensor]:
    """The rank of a (rows, columns), a basis (rows, rank) of its range, and one (columns, n) of its null space."""
    u, s, vh = torch.linalg.svd(a, full_matrices=False)
    rank = int((s > tiny * s[0]).sum())
    return rank, u[:, :rank], vh[rank:].T


# %% wrong="subspaces: tiny as it is; breaks: at most tiny times the largest"
def subspaces(a: torch.Tensor, tiny: float) -> tuple[int, torch.Tensor, torch.Tensor]:
    """The rank of a (rows, columns), a basis (rows, rank) of its range, and one (columns, n) of its null space."""
    u, s, vh = torch.linalg.svd(a)
    rank = int((s > tiny).sum())
    return rank, u[:, :rank], vh[rank:].T


# %% wrong="subspaces: range from the first columns of a; breaks: a basis of the range (when early columns depend on each other)"
def subspaces(a: torch.Tensor, tiny: float) -> tuple[int, torch.Tensor, torch.Tensor]:
    """The rank of a (rows, columns), a basis (rows, rank) of its range, and one (columns, n) of its null space."""
    u, s, vh = torch.linalg.svd(a)
    rank = int((s > tiny * s[0]).sum())
    return rank, torch.linalg.qr(a[:, :rank]).Q, vh[rank:].T


# %% wrong="subspaces: one zero column when nothing is unseen; breaks: a matrix with no column, of shape (columns, 0)"
def subspaces(a: torch.Tensor, tiny: float) -> tuple[int, torch.Tensor, torch.Tensor]:
    """The rank of a (rows, columns), a basis (rows, rank) of its range, and one (columns, n) of its null space."""
    u, s, vh = torch.linalg.svd(a)
    rank = int((s > tiny * s[0]).sum())
    return rank, u[:, :rank], vh[rank:].T if rank < a.shape[1] else torch.zeros(a.shape[1], 1)


# %% wrong="subspaces: the library's own limit; breaks: singular values at most tiny times the largest count as zero"
def subspaces(a: torch.Tensor, tiny: float) -> tuple[int, torch.Tensor, torch.Tensor]:
    """The rank of a (rows, columns), a basis (rows, rank) of its range, and one (columns, n) of its null space."""
    u, s, vh = torch.linalg.svd(a)
    rank = int(torch.linalg.matrix_rank(a))
    return rank, u[:, :rank], vh[rank:].T


# %% right="pca: eigenvectors of the covariance, flipped"
def pca(x: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Mean, first k principal components (k, features) and their variances (k,), for rows x (n, features)."""
    mean = x.mean(dim=0)
    centred = x - mean
    values, vectors = torch.linalg.eigh(centred.T @ centred / (len(x) - 1))
    return mean, vectors.T.flip(0)[:k], values.flip(0)[:k]


def rebuild(x: torch.Tensor, mean: torch.Tensor, components: torch.Tensor) -> torch.Tensor:
    """The rows x (n, features), reconstructed from the mean and their components (k, features)."""
    return (x - mean) @ components.T @ components + mean


# %% right="pca: SVD of the centred rows; rebuild row by row"
def pca(x: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    mean = torch.mean(x, 0)
    _, s, vh = torch.linalg.svd(x - mean, full_matrices=False)
    return mean, vh[:k], s[:k].square() / (x.shape[0] - 1)


def rebuild(x: torch.Tensor, mean: torch.Tensor, components: torch.Tensor) -> torch.Tensor:
    rows = []
    for row in x:
        numbers = components.mv(row - mean)
        rows.append(mean + components.T.mv(numbers))
    return torch.stack(rows)


# %% right="pca: torch.cov and argsort; einsum"
def pca(x: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    values, vectors = torch.linalg.eigh(torch.cov(x.T))
    best = values.argsort(descending=True)[:k]
    return x.sum(dim=0) / len(x), vectors[:, best].mT, values[best]


def rebuild(x: torch.Tensor, mean: torch.Tensor, components: torch.Tensor) -> torch.Tensor:
    numbers = torch.einsum("nf,kf->nk", x - mean, components)
    return torch.einsum("nk,kf->nf", numbers, components) + mean


# %% wrong="pca: components from weak to strong, variances from strong to weak; breaks: the variance along each, largest first"
def pca(x: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Mean, first k principal components (k, features) and their variances (k,), for rows x (n, features)."""
    mean = x.mean(dim=0)
    centred = x - mean
    values, vectors = torch.linalg.eigh(centred.T @ centred / (len(x) - 1))
    return mean, vectors[:, len(values) - k :].T, values.flip(0)[:k]


def rebuild(x: torch.Tensor, mean: torch.Tensor, components: torch.Tensor) -> torch.Tensor:
    """The rows x (n, features), reconstructed from the mean and their components (k, features)."""
    return (x - mean) @ components.T @ components + mean


# %% wrong="pca: rows of the table of eigenvectors, which is symmetric for the line of the check; breaks: the first k components (eigh returns them as columns)"
def pca(x: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Mean, first k principal components (k, features) and their variances (k,), for rows x (n, features)."""
    mean = x.mean(dim=0)
    centred = x - mean
    values, vectors = torch.linalg.eigh(centred.T @ centred / (len(x) - 1))
    return mean, vectors.flip(0)[:k], values.flip(0)[:k]


def rebuild(x: torch.Tensor, mean: torch.Tensor, components: torch.Tensor) -> torch.Tensor:
    """The rows x (n, features), reconstructed from the mean and their components (k, features)."""
    return (x - mean) @ components.T @ components + mean


# %% wrong="pca: rebuild takes the first component only; breaks: k numbers for each row"
def pca(x: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Mean, first k principal components (k, features) and their variances (k,), for rows x (n, features)."""
    mean = x.mean(dim=0)
    centred = x - mean
    values, vectors = torch.linalg.eigh(centred.T @ centred / (len(x) - 1))
    return mean, vectors.T.flip(0)[:k], values.flip(0)[:k]


def rebuild(x: torch.Tensor, mean: torch.Tensor, components: torch.Tensor) -> torch.Tensor:
    """The rows x (n, features), reconstructed from the mean and their components (k, features)."""
    return (x - mean) @ components[:1].T @ components[:1] + mean


# %% wrong="pca: a random projection first; breaks: to the precision of its input (no randomised method)"
def pca(x: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Mean, first k principal components (k, features) and their variances (k,), for rows x (n, features)."""
    mean = x.mean(dim=0)
    _, s, v = torch.pca_lowrank(x, q=k, niter=1)
    return mean, v.T, s.square() / (len(x) - 1)


def rebuild(x: torch.Tensor, mean: torch.Tensor, components: torch.Tensor) -> torch.Tensor:
    """The rows x (n, features), reconstructed from the mean and their components (k, features)."""
    return (x - mean) @ components.T @ components + mean


# %% wrong="pca: the middle between smallest and largest as the centre; breaks: subtract the mean picture"
def pca(x: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Mean, first k principal components (k, features) and their variances (k,), for rows x (n, features)."""
    mean = (x.amin(dim=0) + x.amax(dim=0)) / 2
    centred = x - mean
    values, vectors = torch.linalg.eigh(centred.T @ centred / (len(x) - 1))
    return mean, vectors.T.flip(0)[:k], values.flip(0)[:k]


def rebuild(x: torch.Tensor, mean: torch.Tensor, components: torch.Tensor) -> torch.Tensor:
    """The rows x (n, features), reconstructed from the mean and their components (k, features)."""
    return (x - mean) @ components.T @ components + mean


# %% right="strongest: the quadratic form as the value"
def strongest(a: torch.Tensor, start: torch.Tensor, k: int, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The k eigenvalues of largest size (k,), and their unit vectors (k, n), of a symmetric matrix (n, n)."""
    values, vectors = [], []
    for _ in range(k):
        vector = start
        for _ in range(steps):
            vector = a @ vector / (a @ vector).norm()
        value = vector @ a @ vector
        a = a - value * torch.outer(vector, vector)
        values.append(value)
        vectors.append(vector)
    return torch.stack(values), torch.stack(vectors)


# %% right="strongest: lists come back, dot product with the image"
def strongest(a: torch.Tensor, start: torch.Tensor, k: int, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The k eigenvalues of largest size (k,), and their unit vectors (k, n), of a symmetric matrix (n, n)."""
    values, vectors = [], []
    for _ in range(k):
        vector = start
        for _ in range(steps):
            vector = a @ vector / (a @ vector).norm()
        value = torch.dot(vector, a @ vector)
        a = a - value * torch.outer(vector, vector)
        values.append(value)
        vectors.append(vector)
    return values, vectors


# %% right="strongest: length with the sign of the agreement"
def strongest(a: torch.Tensor, start: torch.Tensor, k: int, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The k eigenvalues of largest size (k,), and their unit vectors (k, n), of a symmetric matrix (n, n)."""
    values, vectors = [], []
    for _ in range(k):
        vector = start
        for _ in range(steps):
            vector = a @ vector / (a @ vector).norm()
        moved = a @ vector
        value = moved.norm() * torch.sign(moved @ vector)
        a = a - value * vector[:, None] * vector[None]
        values.append(value)
        vectors.append(vector)
    return torch.stack(values), torch.stack(vectors)


# %% wrong="strongest: the sign from the sums of the entries; breaks: A v = lambda v (an eigenvector whose entries add up to nothing)"
def strongest(a: torch.Tensor, start: torch.Tensor, k: int, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The k eigenvalues of largest size (k,), and their unit vectors (k, n), of a symmetric matrix (n, n)."""
    values, vectors = [], []
    for _ in range(k):
        vector = start
        for _ in range(steps):
            vector = a @ vector / (a @ vector).norm()
        value = (a @ vector).sum() / vector.sum()
        a = a - value * torch.outer(vector, vector)
        values.append(value)
        vectors.append(vector)
    return torch.stack(values), torch.stack(vectors)


# %% wrong="strongest: the sign of the diagonal entry at the largest part of the vector; breaks: the eigenvalues of a symmetric matrix (not only diagonal ones)"
def strongest(a: torch.Tensor, start: torch.Tensor, k: int, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The k eigenvalues of largest size (k,), and their unit vectors (k, n), of a symmetric matrix (n, n)."""
    values, vectors = [], []
    for _ in range(k):
        vector = start
        for _ in range(steps):
            vector = a @ vector / (a @ vector).norm()
        value = (a @ vector).norm() * a.diagonal()[vector.abs().argmax()].sign()
        a = a - value * torch.outer(vector, vector)
        values.append(value)
        vectors.append(vector)
    return torch.stack(values), torch.stack(vectors)


# %% wrong="strongest: sorted from small to large; breaks: the eigenvalues of largest size, the strongest first (and vectors no longer belong to them)"
def strongest(a: torch.Tensor, start: torch.Tensor, k: int, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The k eigenvalues of largest size (k,), and their unit vectors (k, n), of a symmetric matrix (n, n)."""
    values, vectors = [], []
    for _ in range(k):
        vector = start
        for _ in range(steps):
            vector = a @ vector / (a @ vector).norm()
        value = vector @ a @ vector
        a = a - value * torch.outer(vector, vector)
        values.append(value)
        vectors.append(vector)
    return torch.stack(values).sort().values, torch.stack(vectors)


# %% wrong="strongest: vectors as columns; breaks: their unit vectors (k, n)"
def strongest(a: torch.Tensor, start: torch.Tensor, k: int, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The k eigenvalues of largest size (k,), and their unit vectors (k, n), of a symmetric matrix (n, n)."""
    values, vectors = [], []
    for _ in range(k):
        vector = start
        for _ in range(steps):
            vector = a @ vector / (a @ vector).norm()
        value = vector @ a @ vector
        a = a - value * torch.outer(vector, vector)
        values.append(value)
        vectors.append(vector)
    return torch.stack(values), torch.stack(vectors, dim=1)


# %% wrong="strongest: the sign is put on after the deflation; breaks: A - lambda v v transposed takes the vector out (negative eigenvalues after the first)"
def strongest(a: torch.Tensor, start: torch.Tensor, k: int, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The k eigenvalues of largest size (k,), and their unit vectors (k, n), of a symmetric matrix (n, n)."""
    values, vectors = [], []
    for _ in range(k):
        vector = start
        for _ in range(steps):
            vector = a @ vector / (a @ vector).norm()
        value = vector @ a @ vector
        a = a - (value if not values else value.abs()) * torch.outer(vector, vector)
        values.append(value)
        vectors.append(vector)
    return torch.stack(values), torch.stack(vectors)
