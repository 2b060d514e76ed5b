# Answers by a panel that read only the released notebook: what `course audit` grades and counts apart. No student sees them.

# %% right="compare: library calls, normalize and cosine_similarity"
def compare(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The dot product, x at length one, the cosine, and the angle in degrees, of two vectors (n,)."""
    dot = torch.dot(x, y)
    unit = torch.nn.functional.normalize(x, dim=0)
    cosine = torch.cosine_similarity(x, y, dim=0)
    return dot, unit, cosine, torch.arccos(cosine) * 180 / math.pi


# %% right="compare: python numbers and loops, tensors made at the end"
def compare(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The dot product, x at length one, the cosine, and the angle in degrees, of two vectors (n,)."""
    xs, ys = x.tolist(), y.tolist()
    dot = 0.0
    for one, other in zip(xs, ys, strict=True):
        dot += one * other
    length_x = math.sqrt(sum(one * one for one in xs))
    length_y = math.hypot(*ys)
    cosine = dot / (length_x * length_y)
    angle = math.degrees(math.acos(cosine))
    return torch.tensor(dot), torch.tensor([one / length_x for one in xs]), torch.tensor(cosine), torch.tensor(angle)


# %% right="compare: double precision inside, angle by atan2 of difference and sum of the unit vectors, results stay double"
def _unit_of(vector):
    return vector / torch.linalg.vector_norm(vector)


def compare(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The dot product, x at length one, the cosine, and the angle in degrees, of two vectors (n,)."""
    with torch.no_grad():
        first, second = x.double(), y.double()
        dot = torch.einsum("i,i->", first, second)
        one, two = _unit_of(first), _unit_of(second)
        angle = 2 * torch.atan2((one - two).norm(), (one + two).norm())
        return dot, one, torch.inner(one, two), angle.rad2deg()


# %% wrong="compare: unit divides x by the length of y; breaks: unit is the arrow with the direction of x and length 1, seen with x and y of different lengths"
def compare(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The dot product, x at length one, the cosine, and the angle in degrees, of two vectors (n,)."""
    dot = (x * y).sum()
    length_x = (x * x).sum().sqrt()
    length_y = (y * y).sum().sqrt()
    unit = x / length_y
    cosine = dot / (length_x * length_y)
    angle = torch.rad2deg(torch.acos(cosine))
    return dot, unit, cosine, angle


# %% wrong="compare: cosine divides by the squared length of x; breaks: the formula x dot y over the two lengths, seen with x and y of different lengths such as (1, 0) and (1, 1)"
def compare(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The dot product, x at length one, the cosine, and the angle in degrees, of two vectors (n,)."""
    dot = x @ y
    length_x = x.norm()
    length_y = length_x
    unit = x / length_x
    cosine = dot / (length_x * length_y)
    angle = torch.rad2deg(torch.acos(cosine))
    return dot, unit, cosine, angle


# %% wrong="compare: the angle stays in radians; breaks: The angle is in degrees, seen with every pair"
def compare(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The dot product, x at length one, the cosine, and the angle in degrees, of two vectors (n,)."""
    dot = x @ y
    length_x = torch.sqrt(x @ x)
    length_y = torch.sqrt(y @ y)
    cosine = dot / (length_x * length_y)
    return dot, x / length_x, cosine, torch.acos(cosine)


# %% wrong="compare: takes the size of the cosine, so angles are never blunt; breaks: -1 opposite directions (formula of the cosine), seen with a negative dot product such as (2, 1) and (-3, -1)"
def compare(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The dot product, x at length one, the cosine, and the angle in degrees, of two vectors (n,)."""
    dot = x @ y
    length_x = x.norm()
    length_y = y.norm()
    unit = x / length_x
    cosine = dot.abs() / (length_x * length_y)
    angle = torch.rad2deg(torch.acos(cosine))
    return dot, unit, cosine, angle


# %% wrong="compare: scales x in place; breaks: it leaves its inputs unchanged, seen with any x that is not of length 1"
def compare(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The dot product, x at length one, the cosine, and the angle in degrees, of two vectors (n,)."""
    dot = x @ y
    length_x = x.norm()
    length_y = y.norm()
    cosine = dot / (length_x * length_y)
    x /= length_x
    unit = x
    angle = torch.rad2deg(torch.acos(cosine))
    return dot, unit, cosine, angle


# %% right="norms: torch.linalg does both"
def p_norm(x: torch.Tensor, p: float) -> torch.Tensor:
    """The p-norm of a vector (n,), for p from 1 to math.inf."""
    return torch.linalg.vector_norm(x, ord=p)


def frobenius(a: torch.Tensor) -> torch.Tensor:
    """The Frobenius norm of a matrix (rows, columns)."""
    return torch.linalg.matrix_norm(a, "fro")


# %% right="norms: scaled by the largest entry so that nothing overflows; trace formula"
def p_norm(x: torch.Tensor, p: float) -> torch.Tensor:
    """The p-norm of a vector (n,), for p from 1 to math.inf."""
    sizes = x.abs()
    biggest = sizes.max()
    if math.isinf(p) or biggest == 0:
        return biggest
    return biggest * (sizes / biggest).pow(p).sum().pow(1 / p)


def frobenius(a: torch.Tensor) -> torch.Tensor:
    """The Frobenius norm of a matrix (rows, columns)."""
    return torch.trace(a.T @ a).sqrt()


# %% right="norms: plain python in double precision, cast to the type at the end; frobenius calls p_norm on the rows' norms"
def p_norm(x: torch.Tensor, p: float) -> torch.Tensor:
    """The p-norm of a vector (n,), for p from 1 to math.inf."""
    sizes = sorted(abs(entry) for entry in x.tolist())
    value = sizes[-1] if p == math.inf else math.fsum(size**p for size in sizes) ** (1 / p)
    return torch.tensor(value, dtype=x.dtype)


def frobenius(a: torch.Tensor) -> torch.Tensor:
    """The Frobenius norm of a matrix (rows, columns)."""
    return p_norm(torch.stack([p_norm(row, 2) for row in a]), 2)


# %% wrong="norms: the infinity norm takes the largest entry, not the largest size; breaks: the infinity norm is max |x_i|, seen with (1, -5) and math.inf"
def p_norm(x: torch.Tensor, p: float) -> torch.Tensor:
    """The p-norm of a vector (n,), for p from 1 to math.inf."""
    if p == math.inf:
        return x.max()
    return (x.abs() ** p).sum() ** (1 / p)


def frobenius(a: torch.Tensor) -> torch.Tensor:
    """The Frobenius norm of a matrix (rows, columns)."""
    return (a * a).sum().sqrt()


# %% wrong="norms: the power is made with a loop over whole numbers, p is cut; breaks: for any p at least 1, seen with p = 1.5"
def p_norm(x: torch.Tensor, p: float) -> torch.Tensor:
    """The p-norm of a vector (n,), for p from 1 to math.inf."""
    sizes = x.abs()
    if p == math.inf:
        return sizes.max()
    power = torch.ones_like(sizes)
    for _ in range(int(p)):
        power = power * sizes
    return power.sum() ** (1 / int(p))


def frobenius(a: torch.Tensor) -> torch.Tensor:
    """The Frobenius norm of a matrix (rows, columns)."""
    return a.square().sum().sqrt()


# %% wrong="norms: frobenius is the spectral norm (ord 2); breaks: the length that it has as one long vector, seen with the 2 by 2 identity (1 and not 1.414)"
def p_norm(x: torch.Tensor, p: float) -> torch.Tensor:
    """The p-norm of a vector (n,), for p from 1 to math.inf."""
    return torch.linalg.vector_norm(x, p)


def frobenius(a: torch.Tensor) -> torch.Tensor:
    """The Frobenius norm of a matrix (rows, columns)."""
    return torch.linalg.norm(a, 2)


# %% wrong="norms: frobenius adds all entries of A^T A in place of its diagonal; breaks: the trace is the sum of the diagonal, seen with any matrix with two columns that are not at right angles"
def p_norm(x: torch.Tensor, p: float) -> torch.Tensor:
    """The p-norm of a vector (n,), for p from 1 to math.inf."""
    if math.isinf(p):
        return x.abs().max()
    return x.abs().pow(p).sum().pow(1 / p)


def frobenius(a: torch.Tensor) -> torch.Tensor:
    """The Frobenius norm of a matrix (rows, columns)."""
    return (a.T @ a).sum().abs().sqrt()


# %% wrong="norms: absolute value in place; breaks: it leaves its inputs unchanged, seen with any negative entry"
def p_norm(x: torch.Tensor, p: float) -> torch.Tensor:
    """The p-norm of a vector (n,), for p from 1 to math.inf."""
    x.abs_()
    if p == math.inf:
        return x.max()
    return (x**p).sum() ** (1 / p)


def frobenius(a: torch.Tensor) -> torch.Tensor:
    """The Frobenius norm of a matrix (rows, columns)."""
    return a.pow(2).sum() ** 0.5


# %% right="project: dot products written as sums"
def project(x: torch.Tensor, a: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The projection of x (n,) on the line through a (n,), and the rest of x."""
    share = (x * a).sum() / a.square().sum()
    shadow = share * a
    rest = x - shadow
    return shadow, rest


# %% right="project: projection matrix of the unit vector, and its complement"
def project(x: torch.Tensor, a: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The projection of x (n,) on the line through a (n,), and the rest of x."""
    direction = a / a.norm()
    onto = torch.outer(direction, direction)
    away = torch.eye(len(a), dtype=a.dtype, device=a.device) - onto
    return onto @ x, away @ x


# %% right="project: least squares with one unknown by lstsq"
def project(x: torch.Tensor, a: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The projection of x (n,) on the line through a (n,), and the rest of x."""
    column = a.unsqueeze(1)
    shadow = (column @ torch.linalg.lstsq(column, x.unsqueeze(1)).solution).squeeze(1)
    return shadow, torch.sub(x, shadow)


# %% wrong="project: the share loses its sign; breaks: shadow is x.a / a.a times a, seen with x and a at a blunt angle"
def project(x: torch.Tensor, a: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The projection of x (n,) on the line through a (n,), and the rest of x."""
    share = (x @ a).abs() / (a @ a)
    shadow = share * a
    rest = x - shadow
    return shadow, rest


# %% wrong="project: number by number and never added up; breaks: the dot product in the formula (the shadow lies on the line through a), seen with any a with two entries that are not zero"
def project(x: torch.Tensor, a: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The projection of x (n,) on the line through a (n,), and the rest of x."""
    share = (x * a) / (a @ a)
    shadow = share * a
    rest = x - shadow
    return shadow, rest


# %% wrong="project: shadow on the arrow only, share is cut to 0..1; breaks: the projection on the line through a, seen with x = (9, 1) and a = (1, 0)"
def project(x: torch.Tensor, a: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The projection of x (n,) on the line through a (n,), and the rest of x."""
    share = ((x @ a) / (a @ a)).clamp(0, 1)
    shadow = share * a
    rest = x - shadow
    return shadow, rest


# %% wrong="project: the share becomes a python number; breaks: gradients flow back to x and a, seen with the gradient of the shadow with respect to x (none) and to a (wrong)"
def project(x: torch.Tensor, a: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The projection of x (n,) on the line through a (n,), and the rest of x."""
    share = (x @ a).item() / (a @ a).item()
    shadow = share * a
    rest = x - shadow
    return shadow, rest


# %% wrong="project: takes the shadow away from x in place; breaks: it leaves its inputs unchanged, seen with any x not at a right angle to a"
def project(x: torch.Tensor, a: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The projection of x (n,) on the line through a (n,), and the rest of x."""
    share = (x @ a) / (a @ a)
    shadow = share * a
    x -= shadow
    return shadow, x


# %% right="matrix_of: comprehension over the rows of the identity"
def matrix_of(f, n: int) -> torch.Tensor:
    """The matrix (m, n) of a linear function f from vectors (n,) to vectors (m,)."""
    return torch.stack([f(e) for e in torch.eye(n)], dim=1)


# %% right="matrix_of: a fresh question each time, matrix allocated after the first answer and filled column by column"
def matrix_of(f, n: int) -> torch.Tensor:
    """The matrix (m, n) of a linear function f from vectors (n,) to vectors (m,)."""
    table = None
    for column in range(n):
        question = torch.zeros(n, dtype=torch.float32)
        question[column] = 1
        answer = f(question).detach()
        if table is None:
            table = torch.empty(answer.shape[0], n)
        table[:, column] = answer
    return table


# %% right="matrix_of: growing sums of basis vectors, columns are differences of answers; copies every answer"
def matrix_of(f, n: int) -> torch.Tensor:
    """The matrix (m, n) of a linear function f from vectors (n,) to vectors (m,)."""
    stairs = torch.ones(n, n).tril()
    answers = [f(stairs[step].clone()).clone() for step in range(n)]
    columns = [answers[0]]
    for before, after in zip(answers, answers[1:], strict=False):
        columns.append(after - before)
    return torch.column_stack(columns)


# %% wrong="matrix_of: one question tensor is changed after it was asked; breaks: do not change a question after you asked it, seen with f that returns its input or a part of it"
def matrix_of(f, n: int) -> torch.Tensor:
    """The matrix (m, n) of a linear function f from vectors (n,) to vectors (m,)."""
    question = torch.zeros(n)
    columns = []
    for j in range(n):
        question[j] = 1.0
        columns.append(f(question))
        question[j] = 0.0
    return torch.stack(columns, dim=1)


# %% wrong="matrix_of: squeezes the result; breaks: the matrix (m, n), answers even one number long, seen with f(x) = x.sum()[None]"
def matrix_of(f, n: int) -> torch.Tensor:
    """The matrix (m, n) of a linear function f from vectors (n,) to vectors (m,)."""
    return torch.stack([f(e) for e in torch.eye(n)], dim=1).squeeze()


# %% wrong="matrix_of: entries below 0.001 are cleaned away as rounding; breaks: the matrix of f, seen with f(x) = 0.0001 x"
def matrix_of(f, n: int) -> torch.Tensor:
    """The matrix (m, n) of a linear function f from vectors (n,) to vectors (m,)."""
    columns = [f(e.clone()) for e in torch.eye(n)]
    matrix = torch.stack(columns, dim=1)
    return torch.where(matrix.abs() < 1e-3, torch.zeros_like(matrix), matrix)


# %% wrong="matrix_of: asks all questions at once with the identity; breaks: f takes one float32 vector of length n at a time, seen with any f that checks the shape, or cumsum(0)"
def matrix_of(f, n: int) -> torch.Tensor:
    """The matrix (m, n) of a linear function f from vectors (n,) to vectors (m,)."""
    return f(torch.eye(n))


# %% wrong="matrix_of: a square table is allocated before asking; breaks: it works for any size (longer answers, shorter answers), seen with any f with m unlike n"
def matrix_of(f, n: int) -> torch.Tensor:
    """The matrix (m, n) of a linear function f from vectors (n,) to vectors (m,)."""
    matrix = torch.zeros(n, n)
    for j, e in enumerate(torch.eye(n)):
        matrix[:, j] = f(e)
    return matrix


# %% right="in_basis: the blanks"
def in_basis(a: torch.Tensor, x: torch.Tensor, basis: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The coordinates of x (n,), and the matrix of the map a (n, n), in the basis of these columns (n, n)."""
    coordinates = torch.linalg.solve(basis, x)
    to_basis = torch.linalg.inv(basis)
    matrix = torch.linalg.multi_dot([to_basis, a, basis])
    return coordinates, matrix


# %% right="in_basis: one LU factorisation, one solve for coordinates and matrix together"
def in_basis(a: torch.Tensor, x: torch.Tensor, basis: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The coordinates of x (n,), and the matrix of the map a (n, n), in the basis of these columns (n, n)."""
    lu, pivots = torch.linalg.lu_factor(basis)
    both = torch.linalg.lu_solve(lu, pivots, torch.cat([x[:, None], a @ basis], dim=1))
    return both[:, 0], both[:, 1:]


# %% right="in_basis: numpy, image of every basis vector solved for its coordinates"
def in_basis(a: torch.Tensor, x: torch.Tensor, basis: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The coordinates of x (n,), and the matrix of the map a (n, n), in the basis of these columns (n, n)."""
    import numpy as np

    old, columns = a.detach().numpy(), basis.detach().numpy()

    def speak(vector):
        return np.linalg.solve(columns, vector)

    matrix = np.stack([speak(old @ column) for column in columns.T], axis=1)
    return torch.from_numpy(speak(x.detach().numpy())), torch.from_numpy(matrix)


# %% wrong="in_basis: only the diagonal of the new matrix is kept; breaks: the matrix of the map in the basis, seen with a basis that is not of eigenvectors"
def in_basis(a: torch.Tensor, x: torch.Tensor, basis: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The coordinates of x (n,), and the matrix of the map a (n, n), in the basis of these columns (n, n)."""
    coordinates = torch.linalg.solve(basis, x)
    to_basis = torch.linalg.inv(basis)
    matrix = torch.diag((to_basis @ a @ basis).diagonal())
    return coordinates, matrix


# %% wrong="in_basis: coordinates by a triangular solve that ignores what is below the diagonal; breaks: coordinates c with B c = x, seen with a basis that is not upper triangular"
def in_basis(a: torch.Tensor, x: torch.Tensor, basis: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The coordinates of x (n,), and the matrix of the map a (n, n), in the basis of these columns (n, n)."""
    coordinates = torch.linalg.solve_triangular(basis, x[:, None], upper=True)[:, 0]
    to_basis = torch.linalg.inv(basis)
    matrix = to_basis @ a @ basis
    return coordinates, matrix


# %% wrong="in_basis: coordinates of a x in place of x; breaks: the coordinates of x, seen with any a that is not the identity"
def in_basis(a: torch.Tensor, x: torch.Tensor, basis: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The coordinates of x (n,), and the matrix of the map a (n, n), in the basis of these columns (n, n)."""
    coordinates = torch.linalg.solve(basis, a @ x)
    to_basis = torch.linalg.inv(basis)
    matrix = to_basis @ a @ basis
    return coordinates, matrix


# %% wrong="in_basis: scales the basis vectors to length 1 for the matrix; breaks: in the basis of these columns, seen with columns of different lengths and a matrix that is not diagonal in them"
def in_basis(a: torch.Tensor, x: torch.Tensor, basis: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The coordinates of x (n,), and the matrix of the map a (n, n), in the basis of these columns (n, n)."""
    coordinates = torch.linalg.solve(basis, x)
    units = basis / basis.norm(dim=0)
    to_basis = torch.linalg.inv(units)
    matrix = to_basis @ a @ units
    return coordinates, matrix


# %% wrong="in_basis: order of the product turned round; breaks: translate into the old language, let A act, translate back, seen with almost every a and basis"
def in_basis(a: torch.Tensor, x: torch.Tensor, basis: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The coordinates of x (n,), and the matrix of the map a (n, n), in the basis of these columns (n, n)."""
    coordinates = torch.linalg.solve(basis, x)
    to_basis = torch.linalg.inv(basis)
    matrix = basis @ a @ to_basis
    return coordinates, matrix


# %% right="determinant: plain loop with a growing total"
def determinant(a: torch.Tensor) -> torch.Tensor:
    """The determinant of a square matrix (n, n), by cofactors along the first row."""
    if len(a) == 1:
        return a[0, 0]
    total = 0
    for column in range(len(a)):
        total = total + (-1) ** column * a[0, column] * determinant(strike(a, 0, column))
    return total


# %% right="determinant: stacked minors and a vector of signs, dot product with the first row"
def determinant(a: torch.Tensor) -> torch.Tensor:
    """The determinant of a square matrix (n, n), by cofactors along the first row."""
    size = a.shape[0]
    if size == 1:
        return a.reshape(()).clone()
    signs = torch.ones(size, dtype=a.dtype)
    signs[1::2] = -1
    minors = torch.stack([determinant(strike(a, 0, place)) for place in range(size)])
    return (signs * a[0] * minors).sum()


# %% right="determinant: inner helper, two by two as a second base case, zeros of the first row are skipped"
def determinant(a: torch.Tensor) -> torch.Tensor:
    """The determinant of a square matrix (n, n), by cofactors along the first row."""

    def volume(block):
        if block.shape == (1, 1):
            return block[0, 0]
        if block.shape == (2, 2):
            return block[0, 0] * block[1, 1] - block[0, 1] * block[1, 0]
        result, sign = block.new_zeros(()), 1
        for place, entry in enumerate(block[0]):
            if entry != 0:
                result = result + sign * entry * volume(strike(block, 0, place))
            sign = -sign
        return result

    return volume(a)


# %% wrong="determinant: minus for all columns but the first; breaks: add up with alternating signs, seen with a 3 by 3 matrix whose entry a13 counts"
def determinant(a: torch.Tensor) -> torch.Tensor:
    """The determinant of a square matrix (n, n), by cofactors along the first row."""
    if len(a) == 1:
        return a[0, 0]
    total = a[0, 0] * determinant(strike(a, 0, 0))
    for column in range(1, len(a)):
        total = total - a[0, column] * determinant(strike(a, 0, column))
    return total


# %% wrong="determinant: the rule of the diagonals (Sarrus) for every size; breaks: The determinant of a square matrix (n, n), seen with most 4 by 4 matrices"
def determinant(a: torch.Tensor) -> torch.Tensor:
    """The determinant of a square matrix (n, n), by cofactors along the first row."""
    n = len(a)
    if n == 1:
        return a[0, 0]
    if n == 2:
        return a[0, 0] * a[1, 1] - a[0, 1] * a[1, 0]
    total = torch.zeros((), dtype=a.dtype)
    for shift in range(n):
        down, up = torch.ones((), dtype=a.dtype), torch.ones((), dtype=a.dtype)
        for row in range(n):
            down = down * a[row, (row + shift) % n]
            up = up * a[row, (shift - row) % n]
        total = total + down - up
    return total


# %% wrong="determinant: stops at the first zero of the row; breaks: walk along the first row (all of it), seen with [[0, 1], [1, 0]]"
def determinant(a: torch.Tensor) -> torch.Tensor:
    """The determinant of a square matrix (n, n), by cofactors along the first row."""
    if len(a) == 1:
        return a[0, 0]
    total = torch.zeros((), dtype=a.dtype)
    for column in range(len(a)):
        if a[0, column] == 0:
            break
        total = total + (-1) ** column * a[0, column] * determinant(strike(a, 0, column))
    return total


# %% wrong="determinant: numpy's ready-made determinant; breaks: it is written by hand, without the ready-made det, lu or eig, seen with any input"
def determinant(a: torch.Tensor) -> torch.Tensor:
    """The determinant of a square matrix (n, n), by cofactors along the first row."""
    import numpy as np

    return torch.tensor(np.linalg.det(a.numpy()))


# %% wrong="determinant: writes the signs into the first row of the input; breaks: it leaves its inputs unchanged, seen with any matrix of two or more columns"
def determinant(a: torch.Tensor) -> torch.Tensor:
    """The determinant of a square matrix (n, n), by cofactors along the first row."""
    if len(a) == 1:
        return a[0, 0]
    row = a[0]
    row[1::2] *= -1
    return sum(row[column] * determinant(strike(a, 0, column)) for column in range(len(a)))


# %% right="inverse: the blanks"
def inverse(a: torch.Tensor, tiny: float) -> torch.Tensor:
    """The inverse of a square matrix (n, n), by its adjugate; ValueError when |det| is at most tiny."""
    n, volume = len(a), torch.linalg.det(a)
    if abs(volume) <= tiny:
        raise ValueError("this matrix is singular")
    cofactors = torch.empty_like(a)
    for i in range(n):
        for j in range(n):
            cofactors[i, j] = (-1) ** (i + j) * torch.linalg.det(strike(a, i, j))
    adjugate = cofactors.T
    return adjugate / volume


# %% right="inverse: cofactor as determinant of the matrix with row i replaced by a basis vector"
def inverse(a: torch.Tensor, tiny: float) -> torch.Tensor:
    """The inverse of a square matrix (n, n), by its adjugate; ValueError when |det| is at most tiny."""
    volume = torch.linalg.det(a)
    if volume.abs().item() <= tiny:
        raise ValueError(f"determinant {volume.item()} is too small")
    eye = torch.eye(len(a), dtype=a.dtype)
    result = torch.zeros_like(a)
    for i in range(len(a)):
        for j in range(len(a)):
            replaced = a.clone()
            replaced[i] = eye[j]
            result[j, i] = torch.linalg.det(replaced) / volume
    return result


# %% right="inverse: all minors in one batch, a board of signs, own exception class below ValueError"
class SingularMatrix(ValueError):
    """There is no way back."""


def inverse(a: torch.Tensor, tiny: float) -> torch.Tensor:
    """The inverse of a square matrix (n, n), by its adjugate; ValueError when |det| is at most tiny."""
    determinant_of_a = torch.linalg.det(a)
    if not determinant_of_a.abs() > tiny:
        raise SingularMatrix("this matrix is singular")
    places = range(len(a))
    minors = torch.linalg.det(torch.stack([torch.stack([strike(a, i, j) for i in places]) for j in places]))
    signs = 1 - 2 * ((torch.arange(len(a))[:, None] + torch.arange(len(a))) % 2)
    return signs * minors / determinant_of_a


# %% wrong="inverse: the determinant and not its size is compared; breaks: whether its size is at most tiny, seen with an invertible matrix of negative determinant such as [[0, 1], [1, 0]]"
def inverse(a: torch.Tensor, tiny: float) -> torch.Tensor:
    """The inverse of a square matrix (n, n), by its adjugate; ValueError when |det| is at most tiny."""
    n, volume = len(a), torch.linalg.det(a)
    if volume <= tiny:
        raise ValueError("this matrix is singular")
    cofactors = torch.empty_like(a)
    for i in range(n):
        for j in range(n):
            cofactors[i, j] = (-1) ** (i + j) * torch.linalg.det(strike(a, i, j))
    adjugate = cofactors.T
    return adjugate / volume


# %% wrong="inverse: smaller than tiny in place of at most tiny; breaks: ValueError when |det| is at most tiny, seen with a matrix of zeros and tiny = 0, or a determinant of exactly tiny"
def inverse(a: torch.Tensor, tiny: float) -> torch.Tensor:
    """The inverse of a square matrix (n, n), by its adjugate; ValueError when |det| is at most tiny."""
    n, volume = len(a), torch.linalg.det(a)
    if volume.abs() < tiny:
        raise ValueError("this matrix is singular")
    cofactors = torch.empty_like(a)
    for i in range(n):
        for j in range(n):
            cofactors[i, j] = (-1) ** (i + j) * torch.linalg.det(strike(a, i, j))
    adjugate = cofactors.T
    return adjugate / volume


# %% wrong="inverse: raises RuntimeError; breaks: A singular matrix must end in a ValueError, seen with [[1, 2], [2, 4]]"
def inverse(a: torch.Tensor, tiny: float) -> torch.Tensor:
    """The inverse of a square matrix (n, n), by its adjugate; ValueError when |det| is at most tiny."""
    n, volume = len(a), torch.linalg.det(a)
    if volume.abs() <= tiny:
        raise RuntimeError("this matrix is singular")
    cofactors = torch.empty_like(a)
    for i in range(n):
        for j in range(n):
            cofactors[i, j] = (-1) ** (i + j) * torch.linalg.det(strike(a, i, j))
    adjugate = cofactors.T
    return adjugate / volume


# %% wrong="inverse: minus everywhere beside the diagonal; breaks: cofactor (-1)^(i+j) times the minor, seen with 3 by 3 (corners get the wrong sign)"
def inverse(a: torch.Tensor, tiny: float) -> torch.Tensor:
    """The inverse of a square matrix (n, n), by its adjugate; ValueError when |det| is at most tiny."""
    n, volume = len(a), torch.linalg.det(a)
    if volume.abs() <= tiny:
        raise ValueError("this matrix is singular")
    cofactors = torch.empty_like(a)
    for i in range(n):
        for j in range(n):
            cofactors[i, j] = (-1) ** (i != j) * torch.linalg.det(strike(a, i, j))
    adjugate = cofactors.T
    return adjugate / volume


# %% wrong="inverse: ignores tiny and takes 1e-6; breaks: ValueError when |det| is at most tiny, seen with determinant 0.05 and tiny = 0.1, or determinant 1e-8 and tiny = 1e-12"
def inverse(a: torch.Tensor, tiny: float) -> torch.Tensor:
    """The inverse of a square matrix (n, n), by its adjugate; ValueError when |det| is at most tiny."""
    n, volume = len(a), torch.linalg.det(a)
    if volume.abs() <= 1e-6:
        raise ValueError("this matrix is singular")
    cofactors = torch.empty_like(a)
    for i in range(n):
        for j in range(n):
            cofactors[i, j] = (-1) ** (i + j) * torch.linalg.det(strike(a, i, j))
    adjugate = cofactors.T
    return adjugate / volume


# %% right="gram_schmidt: list of units, shadows taken away one after the other"
def gram_schmidt(a: torch.Tensor, tiny: float) -> torch.Tensor:
    """The basis (rows, rank) that Gram–Schmidt finds for the columns of a (rows, columns), not all of them zero."""
    units = []
    for column in a.T:
        rest = column.clone()
        for q in units:
            rest = rest - (q @ rest) * q
        if rest.norm() > tiny * column.norm():
            units.append(rest / rest.norm())
    return torch.stack(units, dim=1)


# %% right="gram_schmidt: growing matrix Q, classical step done twice for accuracy, empty matrix at the start"
def gram_schmidt(a: torch.Tensor, tiny: float) -> torch.Tensor:
    """The basis (rows, rank) that Gram–Schmidt finds for the columns of a (rows, columns), not all of them zero."""
    q = a.new_empty(a.shape[0], 0)
    for place in range(a.shape[1]):
        column = a[:, place]
        left = column - q @ (q.T @ column)
        left = left - q @ (q.T @ left)
        length = torch.linalg.vector_norm(left)
        if length <= tiny * torch.linalg.vector_norm(column):
            continue
        q = torch.cat([q, (left / length)[:, None]], dim=1)
    return q


# %% right="gram_schmidt: right-looking on an own double copy, every new unit is removed from all later columns at once"
def gram_schmidt(a: torch.Tensor, tiny: float) -> torch.Tensor:
    """The basis (rows, rank) that Gram–Schmidt finds for the columns of a (rows, columns), not all of them zero."""
    work = a.detach().to(torch.float64, copy=True)
    lengths = work.square().sum(dim=0).sqrt()
    kept = []
    for j in range(work.shape[1]):
        length = work[:, j].square().sum().sqrt()
        if length <= tiny * lengths[j]:
            continue
        work[:, j] /= length
        kept.append(j)
        work[:, j + 1 :] -= torch.outer(work[:, j], work[:, j] @ work[:, j + 1 :])
    return work[:, kept].to(a.dtype)


# %% wrong="gram_schmidt: tiny is taken as a length, not as a share; breaks: at most tiny times the length of the column, seen with independent columns of length 1e-5 and tiny 1e-4"
def gram_schmidt(a: torch.Tensor, tiny: float) -> torch.Tensor:
    """The basis (rows, rank) that Gram–Schmidt finds for the columns of a (rows, columns), not all of them zero."""
    units = []
    for column in a.T:
        rest = column.clone()
        for q in units:
            rest = rest - (q @ rest) * q
        if rest.norm() > tiny:
            units.append(rest / rest.norm())
    return torch.stack(units, dim=1)


# %% wrong="gram_schmidt: only the shadow on the last collected vector is removed; breaks: remove the shadows on what you have already (orthonormal basis), seen with three columns"
def gram_schmidt(a: torch.Tensor, tiny: float) -> torch.Tensor:
    """The basis (rows, rank) that Gram–Schmidt finds for the columns of a (rows, columns), not all of them zero."""
    units = []
    for j in range(a.shape[1]):
        rest = a[:, j]
        if units:
            rest = rest - (units[-1] @ rest) * units[-1]
        if rest.norm() <= tiny * a[:, j].norm():
            continue
        units.append(rest / rest.norm())
    return torch.stack(units, dim=1)


# %% wrong="gram_schmidt: turns vectors so that their first entry is not negative; breaks: each with the direction of what was left (not the opposite one), seen with a column (-1, 0)"
def gram_schmidt(a: torch.Tensor, tiny: float) -> torch.Tensor:
    """The basis (rows, rank) that Gram–Schmidt finds for the columns of a (rows, columns), not all of them zero."""
    units = []
    for column in a.T:
        rest = column
        for q in units:
            rest = rest - (q @ rest) * q
        if rest.norm() > tiny * column.norm():
            unit = rest / rest.norm()
            if unit[0] < 0:
                unit = -unit
            units.append(unit)
    return torch.stack(units, dim=1)


# %% wrong="gram_schmidt: stops at the first column that is a mix; breaks: Skip a column (and go on), seen with the columns (1, 0), (2, 0), (0, 1)"
def gram_schmidt(a: torch.Tensor, tiny: float) -> torch.Tensor:
    """The basis (rows, rank) that Gram–Schmidt finds for the columns of a (rows, columns), not all of them zero."""
    units = []
    for column in a.T:
        rest = column.clone()
        for q in units:
            rest = rest - (q @ rest) * q
        if units and rest.norm() <= tiny * column.norm():
            break
        if rest.norm() > 0:
            units.append(rest / rest.norm())
    return torch.stack(units, dim=1)


# %% wrong="gram_schmidt: skips only when smaller than, so a zero column becomes nan; breaks: at most tiny times the length of the column: that leaves out zero columns too, seen with a zero column"
def gram_schmidt(a: torch.Tensor, tiny: float) -> torch.Tensor:
    """The basis (rows, rank) that Gram–Schmidt finds for the columns of a (rows, columns), not all of them zero."""
    units = []
    for column in a.T:
        rest = column.clone()
        for q in units:
            rest = rest - (q @ rest) * q
        if rest.norm() < tiny * column.norm():
            continue
        units.append(rest / rest.norm())
    return torch.stack(units, dim=1)


# %% right="eliminate: the blanks"
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


# %% right="eliminate: python lists of numbers, L and U apart, sign counted from the inversions of the order"
def eliminate(a: torch.Tensor) -> tuple[list[int], torch.Tensor, torch.Tensor, torch.Tensor]:
    """The order of the rows, L and U (n, n) with a[order] = L @ U, and the determinant, for an invertible a (n, n)."""
    n = len(a)
    rest = [(number, [], row) for number, row in enumerate(a.tolist())]
    done = []
    for k in range(n):
        best = max(range(len(rest)), key=lambda place: abs(rest[place][2][k]))
        rest[0], rest[best] = rest[best], rest[0]
        top = rest.pop(0)
        done.append(top)
        later = []
        for number, used, row in rest:
            times = row[k] / top[2][k]
            later.append(
                (number, [*used, times], [0.0] * (k + 1) + [row[j] - times * top[2][j] for j in range(k + 1, n)])
            )
        rest = later
    order = [number for number, _, _ in done]
    lower = torch.tensor([used + [1.0] + [0.0] * (n - 1 - k) for k, (_, used, _) in enumerate(done)], dtype=a.dtype)
    upper = torch.tensor([row for _, _, row in done], dtype=a.dtype)
    swaps = sum(order[i] > order[j] for i in range(n) for j in range(i + 1, n))
    volume = (-1.0) ** swaps
    for k in range(n):
        volume = volume * upper[k, k]
    return order, lower, upper, volume


# %% right="eliminate: recursion on the block that is left (Schur complement)"
def eliminate(a: torch.Tensor) -> tuple[list[int], torch.Tensor, torch.Tensor, torch.Tensor]:
    """The order of the rows, L and U (n, n) with a[order] = L @ U, and the determinant, for an invertible a (n, n)."""
    n = a.shape[0]
    if n == 1:
        return [0], torch.ones_like(a), a.clone(), a[0, 0].clone()
    pivot = a[:, 0].abs().argmax().item()
    first = list(range(n))
    first[0], first[pivot] = pivot, 0
    swapped = a[first]
    times = swapped[1:, 0] / swapped[0, 0]
    below, small_lower, small_upper, small_volume = eliminate(swapped[1:, 1:] - times[:, None] * swapped[0, 1:])
    order = [first[0]] + [first[1 + place] for place in below]
    lower, upper = torch.eye(n, dtype=a.dtype), torch.zeros_like(a)
    lower[1:, 0], lower[1:, 1:] = times[below], small_lower
    upper[0], upper[1:, 1:] = swapped[0], small_upper
    volume = swapped[0, 0] * small_volume
    return order, lower, upper, volume if pivot == 0 else -volume


# %% wrong="eliminate: pivot is the largest entry, not the entry of largest size; breaks: the entry of largest size in what is left of the column, seen with a first column (1, -4)"
def eliminate(a: torch.Tensor) -> tuple[list[int], torch.Tensor, torch.Tensor, torch.Tensor]:
    """The order of the rows, L and U (n, n) with a[order] = L @ U, and the determinant, for an invertible a (n, n)."""
    work, order, sign = a.clone(), list(range(len(a))), 1
    for k in range(len(a)):
        pivot = k + int(work[k:, k].flatten().argmax())
        if pivot != k:
            work[[k, pivot]] = work[[pivot, k]]
            order[k], order[pivot] = order[pivot], order[k]
            sign = -sign
        for row in range(k + 1, len(a)):
            work[row, k] /= work[k, k]
            work[row, k + 1 :] -= work[row, k] * work[k, k + 1 :]
    lower, upper = work.tril(-1) + torch.eye(len(a)), work.triu()
    return order, lower, upper, sign * upper.diagonal().prod()


# %% wrong="eliminate: the sign is -1 after any number of swaps; breaks: a swap turns its sign, seen with two swaps such as the permutation matrix of a 3-cycle"
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


# %% wrong="eliminate: returns where each row went, the inverse of the order; breaks: a[order] = L @ U, seen with a 3-cycle of rows"
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
    order = [order.index(row) for row in range(len(a))]
    return order, lower, upper, sign * upper.diagonal().prod()


# %% wrong="eliminate: swaps rows only from column k on, old multipliers stay; breaks: a[order] = L @ U, seen with 3 by 3 and a swap in the second step"
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


# %% wrong="eliminate: pivot of largest size relative to its row; breaks: take as the next pivot the entry of largest size in what is left of the column, seen with [[2, 100], [1, 1]]"
def eliminate(a: torch.Tensor) -> tuple[list[int], torch.Tensor, torch.Tensor, torch.Tensor]:
    """The order of the rows, L and U (n, n) with a[order] = L @ U, and the determinant, for an invertible a (n, n)."""
    work, order, sign = a.clone(), list(range(len(a))), 1
    for k in range(len(a)):
        pivot = k + int((work[k:, k].abs() / work[k:, k:].abs().amax(dim=1)).argmax())
        if pivot != k:
            work[[k, pivot]] = work[[pivot, k]]
            order[k], order[pivot] = order[pivot], order[k]
            sign = -sign
        for row in range(k + 1, len(a)):
            work[row, k] /= work[k, k]
            work[row, k + 1 :] -= work[row, k] * work[k, k + 1 :]
    lower, upper = work.tril(-1) + torch.eye(len(a)), work.triu()
    return order, lower, upper, sign * upper.diagonal().prod()


# %% right="least_squares: normal equations by solve"
def least_squares(a: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The x with the smallest |a x - y|, and a x, for a (n, k) and y (n,) or (n, problems)."""
    x = torch.linalg.solve(a.T @ a, a.T @ y)
    return x, a @ x


# %% right="least_squares: QR and a triangular solve, columns made of a vector and taken back"
def least_squares(a: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The x with the smallest |a x - y|, and a x, for a (n, k) and y (n,) or (n, problems)."""
    single = y.ndim == 1
    problems = y.unsqueeze(-1) if single else y
    q, r = torch.linalg.qr(a)
    inside = q.mT @ problems
    weights, shadow = torch.linalg.solve_triangular(r, inside, upper=True), q @ inside
    return (weights.squeeze(-1), shadow.squeeze(-1)) if single else (weights, shadow)


# %% right="least_squares: lstsq on reshaped columns, shapes put back with the shape of y"
def least_squares(a: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The x with the smallest |a x - y|, and a x, for a (n, k) and y (n,) or (n, problems)."""
    solution = torch.linalg.lstsq(a, y.reshape(len(a), -1)).solution.reshape(a.shape[1], *y.shape[1:])
    return solution, torch.tensordot(a, solution, dims=1)


# %% wrong="least_squares: squeezes the answer; breaks: x and the shadow have as many axes as y, also for one problem or one unknown, seen with y (n, 1) or a (n, 1)"
def least_squares(a: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The x with the smallest |a x - y|, and a x, for a (n, k) and y (n,) or (n, problems)."""
    targets = y[:, None] if y.ndim == 1 else y
    x = torch.linalg.solve(a.T @ a, a.T @ targets)
    return x.squeeze(), (a @ x).squeeze()


# %% wrong="least_squares: second result is what is left, y - a x; breaks: Return the weights x and the shadow, seen with any y"
def least_squares(a: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The x with the smallest |a x - y|, and a x, for a (n, k) and y (n,) or (n, problems)."""
    x = torch.linalg.solve(a.T @ a, a.T @ y)
    return x, y - a @ x


# %% wrong="least_squares: adds a small ridge to the diagonal; breaks: the x with the smallest |a x - y|, seen with columns of size 0.001"
def least_squares(a: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The x with the smallest |a x - y|, and a x, for a (n, k) and y (n,) or (n, problems)."""
    ridge = 1e-5 * torch.eye(a.shape[1], dtype=a.dtype)
    x = torch.linalg.solve(a.T @ a + ridge, a.T @ y)
    return x, a @ x


# %% wrong="least_squares: the pseudo-inverse is made without gradients; breaks: gradients flow back to a and y, seen with the gradient of x with respect to a (none)"
def least_squares(a: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The x with the smallest |a x - y|, and a x, for a (n, k) and y (n,) or (n, problems)."""
    with torch.no_grad():
        undo = torch.linalg.pinv(a)
    x = undo @ y
    return x, a @ x


# %% wrong="least_squares: solves for the first column of y only; breaks: y may be a matrix with one problem in each column, seen with y (n, 3)"
def least_squares(a: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The x with the smallest |a x - y|, and a x, for a (n, k) and y (n,) or (n, problems)."""
    y = y.reshape(len(a), -1)[:, 0]
    x = torch.linalg.solve(a.T @ a, a.T @ y)
    return x, a @ x


# %% right="definiteness: counting positive and negative eigenvalues"
def quadratic(a: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """The value of the quadratic form of a (n, n) at x (n,)."""
    return x @ a @ x


def definiteness(a: torch.Tensor, tiny: float) -> str:
    """Which of the five kinds a symmetric matrix (n, n) is, for example "negative semidefinite"."""
    values = torch.linalg.eigvalsh(a)
    up, down = int((values > tiny).sum()), int((values < -tiny).sum())
    if up and down:
        return "indefinite"
    side = "positive" if up else "negative"
    return f"{side} definite" if up + down == len(values) else f"{side} semidefinite"


# %% right="definiteness: signs of the smallest and the largest eigenvalue look the name up in a table; trace of an outer product"
def quadratic(a: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """The value of the quadratic form of a (n, n) at x (n,)."""
    return torch.trace(a @ torch.outer(x, x))


def definiteness(a: torch.Tensor, tiny: float) -> str:
    """Which of the five kinds a symmetric matrix (n, n) is, for example "negative semidefinite"."""
    names = {
        (1, 1): "positive definite",
        (0, 1): "positive semidefinite",
        (-1, -1): "negative definite",
        (-1, 0): "negative semidefinite",
        (-1, 1): "indefinite",
    }

    def sign(value):
        return 0 if abs(value) <= tiny else int(math.copysign(1, value))

    values = torch.linalg.eigvalsh(a)
    return names[sign(values[0]), sign(values[-1])]


# %% right="definiteness: set of signs after hard threshold; double loop for the form"
def quadratic(a: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """The value of the quadratic form of a (n, n) at x (n,)."""
    total = a.new_zeros(())
    for i in range(len(x)):
        for j in range(len(x)):
            total = total + x[i] * a[i, j] * x[j]
    return total


def definiteness(a: torch.Tensor, tiny: float) -> str:
    """Which of the five kinds a symmetric matrix (n, n) is, for example "negative semidefinite"."""
    values, _ = torch.linalg.eigh(a.clone())
    kinds = set(torch.where(values.abs() <= tiny, 0, values.sign()).int().tolist())
    if {1, -1} <= kinds:
        return "indefinite"
    kind = "semidefinite" if 0 in kinds else "definite"
    return ("positive " if 1 in kinds else "negative ") + kind


# %% wrong="definiteness: tiny is not used, compares with 0; breaks: An eigenvalue whose size is at most tiny counts as zero, seen with diag(1, 0.0001) and tiny 0.001"
def quadratic(a: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """The value of the quadratic form of a (n, n) at x (n,)."""
    return x @ a @ x


def definiteness(a: torch.Tensor, tiny: float) -> str:
    """Which of the five kinds a symmetric matrix (n, n) is, for example "negative semidefinite"."""
    values = torch.linalg.eigvalsh(a)
    if (values > 0).all():
        return "positive definite"
    if (values < 0).all():
        return "negative definite"
    if (values >= 0).all():
        return "positive semidefinite"
    if (values <= 0).all():
        return "negative semidefinite"
    return "indefinite"


# %% wrong="definiteness: an eigenvalue of size exactly tiny is not zero; breaks: at most tiny counts as zero, seen with diag(1, 0.5) and tiny = 0.5"
def quadratic(a: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """The value of the quadratic form of a (n, n) at x (n,)."""
    return x @ a @ x


def definiteness(a: torch.Tensor, tiny: float) -> str:
    """Which of the five kinds a symmetric matrix (n, n) is, for example "negative semidefinite"."""
    values = torch.linalg.eigvalsh(a)
    zero = values.abs() < tiny
    positive, negative = ((values > 0) & ~zero).any(), ((values < 0) & ~zero).any()
    if positive and negative:
        return "indefinite"
    name = "positive" if positive else "negative"
    return name + (" semidefinite" if zero.any() else " definite")


# %% wrong="definiteness: looks at the diagonal of the matrix, not at eigenvalues; breaks: the table (eigenvalues of both signs: indefinite), seen with [[1, 2], [2, 1]]"
def quadratic(a: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """The value of the quadratic form of a (n, n) at x (n,)."""
    return x @ a @ x


def definiteness(a: torch.Tensor, tiny: float) -> str:
    """Which of the five kinds a symmetric matrix (n, n) is, for example "negative semidefinite"."""
    values = a.diagonal()
    up, down = (values > tiny).any(), (values < -tiny).any()
    if up and down:
        return "indefinite"
    side = "positive" if up else "negative"
    return side + (" semidefinite" if (values.abs() <= tiny).any() else " definite")


# %% wrong="definiteness: any zero eigenvalue makes it semidefinite before both signs are looked for; breaks: both signs: indefinite, seen with diag(1, 0, -1)"
def quadratic(a: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """The value of the quadratic form of a (n, n) at x (n,)."""
    return x @ a @ x


def definiteness(a: torch.Tensor, tiny: float) -> str:
    """Which of the five kinds a symmetric matrix (n, n) is, for example "negative semidefinite"."""
    values = torch.linalg.eigvalsh(a)
    if (values > tiny).all():
        return "positive definite"
    if (values < -tiny).all():
        return "negative definite"
    if (values.abs() <= tiny).any():
        return "positive semidefinite" if values[-1] > tiny else "negative semidefinite"
    return "indefinite"


# %% wrong="definiteness: tiny is taken relative to the largest eigenvalue; breaks: An eigenvalue whose size is at most tiny counts as zero, seen with diag(100, 0.05) and tiny 0.001"
def quadratic(a: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """The value of the quadratic form of a (n, n) at x (n,)."""
    return x @ a @ x


def definiteness(a: torch.Tensor, tiny: float) -> str:
    """Which of the five kinds a symmetric matrix (n, n) is, for example "negative semidefinite"."""
    values = torch.linalg.eigvalsh(a)
    limit = tiny * values.abs().max()
    up, down = (values > limit).any(), (values < -limit).any()
    if up and down:
        return "indefinite"
    side = "positive" if up else "negative"
    return side + (" semidefinite" if (values.abs() <= limit).any() else " definite")


# %% right="cholesky: the blanks"
def cholesky(a: torch.Tensor) -> torch.Tensor:
    """The lower triangular L (n, n) with positive diagonal and L @ L.T = a, for a positive definite a."""
    low = torch.zeros_like(a)
    for j in range(len(a)):
        known = low[j:, :j] @ low[j, :j]
        left = a[j:, j] - known
        low[j:, j] = left / left[0].sqrt()
    return low


# %% right="cholesky: outer products taken away from an own copy, column by column"
def cholesky(a: torch.Tensor) -> torch.Tensor:
    """The lower triangular L (n, n) with positive diagonal and L @ L.T = a, for a positive definite a."""
    rest, columns = a.clone(), []
    for j in range(a.shape[0]):
        column = rest[:, j] / torch.sqrt(rest[j, j])
        column[:j] = 0
        columns.append(column)
        rest = rest - torch.outer(column, column)
    return torch.stack(columns, dim=1)


# %% right="cholesky: row by row with python numbers, tensor of the right type at the end"
def cholesky(a: torch.Tensor) -> torch.Tensor:
    """The lower triangular L (n, n) with positive diagonal and L @ L.T = a, for a positive definite a."""
    given = a.tolist()
    rows = []
    for i, line in enumerate(given):
        row = []
        for j in range(i):
            row.append((line[j] - sum(p * q for p, q in zip(row, rows[j], strict=False))) / rows[j][j])
        row.append(math.sqrt(line[i] - sum(p * p for p in row)))
        rows.append(row)
    return torch.tensor([row + [0.0] * (len(given) - len(row)) for row in rows], dtype=a.dtype)


# %% wrong="cholesky: squares of each row in place of dot products with row j; breaks: entry (i, j) is the dot product of rows i and j, L @ L.T = a, seen with 3 by 3"
def cholesky(a: torch.Tensor) -> torch.Tensor:
    """The lower triangular L (n, n) with positive diagonal and L @ L.T = a, for a positive definite a."""
    low = torch.zeros_like(a)
    for j in range(len(a)):
        known = low[j:, :j].square().sum(dim=1)
        left = a[j:, j] - known
        low[j:, j] = left / left[0].sqrt()
    return low


# %% wrong="cholesky: takes only the column before away; breaks: all but the last part is known: take it away, L @ L.T = a, seen with 3 by 3"
def cholesky(a: torch.Tensor) -> torch.Tensor:
    """The lower triangular L (n, n) with positive diagonal and L @ L.T = a, for a positive definite a."""
    low = torch.zeros_like(a)
    for j in range(len(a)):
        known = low[j:, j - 1] * low[j, j - 1]
        left = a[j:, j] - known
        low[j:, j] = left / left[0].sqrt()
    return low


# %% wrong="cholesky: takes known parts away from the input itself; breaks: it leaves its inputs unchanged, seen with any matrix that is not diagonal"
def cholesky(a: torch.Tensor) -> torch.Tensor:
    """The lower triangular L (n, n) with positive diagonal and L @ L.T = a, for a positive definite a."""
    low = torch.zeros_like(a)
    for j in range(len(a)):
        left = a[j:, j]
        left -= low[j:, :j] @ low[j, :j]
        low[j:, j] = left / left[0].sqrt()
    return low


# %% wrong="cholesky: adds 1e-6 to the diagonal for safety; breaks: L @ L.T = a, seen with a small matrix such as 1e-6 times the identity"
def cholesky(a: torch.Tensor) -> torch.Tensor:
    """The lower triangular L (n, n) with positive diagonal and L @ L.T = a, for a positive definite a."""
    low = torch.zeros_like(a)
    for j in range(len(a)):
        known = low[j:, :j] @ low[j, :j]
        left = a[j:, j] - known
        low[j:, j] = left / (left[0] + 1e-6).sqrt()
        low[j, j] = (left[0] + 1e-6).sqrt()
    return low


# %% wrong="cholesky: numpy's ready-made factorisation; breaks: it is written by hand, without the ready-made cholesky, seen with any input"
def cholesky(a: torch.Tensor) -> torch.Tensor:
    """The lower triangular L (n, n) with positive diagonal and L @ L.T = a, for a positive definite a."""
    import numpy

    return torch.from_numpy(numpy.linalg.cholesky(a.detach().numpy()))


# %% right="eigen_powers: the blanks, spread kept from going below zero"
def eigenvalues_2x2(a: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The larger and the smaller eigenvalue of a (2, 2) matrix whose eigenvalues are real."""
    mean = (a[0, 0] + a[1, 1]) / 2
    product = a[0, 0] * a[1, 1] - a[0, 1] * a[1, 0]
    spread = (mean**2 - product).clamp(min=0).sqrt()
    return mean + spread, mean - spread


def power(a: torch.Tensor, k: int) -> torch.Tensor:
    """The k-th power of a matrix (n, n) with n independent eigenvectors."""
    values, vectors = torch.linalg.eig(a)
    powers = torch.diag(values**k)
    return (vectors @ powers @ torch.linalg.inv(vectors)).real


# %% right="eigen_powers: half the difference of the diagonal; repeated squaring, no eigenvectors"
def eigenvalues_2x2(a: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The larger and the smaller eigenvalue of a (2, 2) matrix whose eigenvalues are real."""
    (p, q), (r, s) = a
    middle, half = (p + s) / 2, (p - s) / 2
    spread = torch.sqrt(torch.relu(half * half + q * r))
    return middle + spread, middle - spread


def power(a: torch.Tensor, k: int) -> torch.Tensor:
    """The k-th power of a matrix (n, n) with n independent eigenvectors."""
    result, square = torch.eye(len(a), dtype=a.dtype), a
    while k:
        if k % 2:
            result = result @ square
        square = square @ square
        k //= 2
    return result


# %% right="eigen_powers: library eigenvalues sorted; power in double by scaling the columns and solving from the right"
def eigenvalues_2x2(a: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The larger and the smaller eigenvalue of a (2, 2) matrix whose eigenvalues are real."""
    small, large = torch.linalg.eigvals(a.double()).real.sort().values.to(a.dtype)
    return large, small


def power(a: torch.Tensor, k: int) -> torch.Tensor:
    """The k-th power of a matrix (n, n) with n independent eigenvectors."""
    values, vectors = torch.linalg.eig(a.double())
    factors = torch.ones_like(values)
    for _ in range(k):
        factors = factors * values
    return torch.linalg.solve(vectors, vectors * factors, left=False).real.to(a.dtype)


# %% wrong="eigen_powers: the determinant takes the upper entry twice, as if symmetric; breaks: their product is the determinant, seen with [[1, 1], [4, 1]]"
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


# %% wrong="eigen_powers: transposes V in place of inverting it; breaks: V D^k V^-1, seen with any matrix that is not symmetric such as [[2, 1], [0, 1]]"
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
    return (vectors @ powers @ vectors.T).real


# %% wrong="eigen_powers: takes the real parts too early; breaks: In the product the imaginary parts cancel (only then the real part), seen with a turn by 90 degrees"
def eigenvalues_2x2(a: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The larger and the smaller eigenvalue of a (2, 2) matrix whose eigenvalues are real."""
    mean = (a[0, 0] + a[1, 1]) / 2
    product = a[0, 0] * a[1, 1] - a[0, 1] * a[1, 0]
    spread = (mean**2 - product).sqrt()
    return mean + spread, mean - spread


def power(a: torch.Tensor, k: int) -> torch.Tensor:
    """The k-th power of a matrix (n, n) with n independent eigenvectors."""
    values, vectors = torch.linalg.eig(a)
    powers = torch.diag(values.real**k).to(vectors.dtype)
    return (vectors @ powers @ torch.linalg.inv(vectors)).real


# %% wrong="eigen_powers: multiplies k - 1 times from a on, so power 0 is a; breaks: the power 0 of any matrix is the identity, seen with k = 0"
def eigenvalues_2x2(a: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The larger and the smaller eigenvalue of a (2, 2) matrix whose eigenvalues are real."""
    mean = (a[0, 0] + a[1, 1]) / 2
    product = a[0, 0] * a[1, 1] - a[0, 1] * a[1, 0]
    spread = (mean**2 - product).sqrt()
    return mean + spread, mean - spread


def power(a: torch.Tensor, k: int) -> torch.Tensor:
    """The k-th power of a matrix (n, n) with n independent eigenvectors."""
    result = a
    for _ in range(k - 1):
        result = result @ a
    return result


# %% wrong="eigen_powers: power of every entry; breaks: The k-th power of a matrix, seen with any matrix that is not diagonal such as [[1, 1], [1, 0]]"
def eigenvalues_2x2(a: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The larger and the smaller eigenvalue of a (2, 2) matrix whose eigenvalues are real."""
    mean = (a[0, 0] + a[1, 1]) / 2
    product = a[0, 0] * a[1, 1] - a[0, 1] * a[1, 0]
    spread = (mean**2 - product).sqrt()
    return mean + spread, mean - spread


def power(a: torch.Tensor, k: int) -> torch.Tensor:
    """The k-th power of a matrix (n, n) with n independent eigenvectors."""
    return torch.eye(len(a), dtype=a.dtype) if k == 0 else a**k


# %% right="power_iteration: plain loop"
def power_iteration(a: torch.Tensor, start: torch.Tensor, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The estimated eigenvalue, and the unit vector after `steps` steps, for a (n, n) and start (n,)."""
    vector = start
    for _ in range(steps):
        vector = a @ vector
        vector = vector / vector.norm()
    return vector @ a @ vector, vector


# %% right="power_iteration: functools.reduce, Rayleigh quotient by einsum"
def power_iteration(a: torch.Tensor, start: torch.Tensor, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The estimated eigenvalue, and the unit vector after `steps` steps, for a (n, n) and start (n,)."""
    from functools import reduce

    def step(arrow, _):
        moved = torch.mv(a, arrow)
        return moved.div(torch.linalg.vector_norm(moved))

    unit = reduce(step, range(steps), start)
    return torch.einsum("i,ij,j->", unit, a, unit), unit


# %% right="power_iteration: small iterator class, in place on an own double copy (column vector), cast back"
class Walk:
    def __init__(self, matrix, column):
        self.matrix, self.column = matrix.detach().double(), column.detach().double()[:, None]

    def __iter__(self):
        while True:
            self.column = self.matrix @ self.column
            self.column /= self.column.square().sum().sqrt()
            yield self.column


def power_iteration(a: torch.Tensor, start: torch.Tensor, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The estimated eigenvalue, and the unit vector after `steps` steps, for a (n, n) and start (n,)."""
    walk = Walk(a, start)
    for _, column in zip(range(steps), walk):  # noqa: B905
        pass
    return (column.T @ walk.matrix @ column).squeeze().to(a.dtype), column[:, 0].to(a.dtype)


# %% wrong="power_iteration: the eigenvalue is the length of a v; breaks: by the quadratic form of the unit vector, seen with a negative strongest eigenvalue such as diag(-3, 1)"
def power_iteration(a: torch.Tensor, start: torch.Tensor, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The estimated eigenvalue, and the unit vector after `steps` steps, for a (n, n) and start (n,)."""
    vector = start
    for _ in range(steps):
        vector = a @ vector
        vector = vector / vector.norm()
    return (a @ vector).norm(), vector


# %% wrong="power_iteration: quadratic form of the vector one step too early; breaks: Then estimate by the quadratic form of the unit vector (after steps steps), seen with few steps, also a start that is not of length 1 with steps = 1"
def power_iteration(a: torch.Tensor, start: torch.Tensor, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The estimated eigenvalue, and the unit vector after `steps` steps, for a (n, n) and start (n,)."""
    vector = start
    for _ in range(steps):
        moved = a @ vector
        value = vector @ moved
        vector = moved / moved.norm()
    return value, vector


# %% wrong="power_iteration: stops early when the vector hardly moves; breaks: Multiply start by a exactly steps times, seen with diag(1, 0.999), start (1, 1), 5000 steps"
def power_iteration(a: torch.Tensor, start: torch.Tensor, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The estimated eigenvalue, and the unit vector after `steps` steps, for a (n, n) and start (n,)."""
    vector = start
    for _ in range(steps):
        before = vector
        vector = a @ vector
        vector = vector / vector.norm()
        if (vector - before).norm() < 1e-3:
            break
    return vector @ a @ vector, vector


# %% wrong="power_iteration: eigenvalue as mean of the ratios of a v to v; breaks: by the quadratic form v A v, seen before it has converged, and nan with an entry 0"
def power_iteration(a: torch.Tensor, start: torch.Tensor, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The estimated eigenvalue, and the unit vector after `steps` steps, for a (n, n) and start (n,)."""
    vector = start
    for _ in range(steps):
        vector = a @ vector
        vector = vector / vector.norm()
    return ((a @ vector) / vector).mean(), vector


# %% wrong="power_iteration: turns the vector so that its first entry is positive; breaks: the unit vector after steps steps (multiply and scale only), seen with diag(-2, 1), start (1, 1), one step"
def power_iteration(a: torch.Tensor, start: torch.Tensor, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The estimated eigenvalue, and the unit vector after `steps` steps, for a (n, n) and start (n,)."""
    vector = start
    for _ in range(steps):
        vector = a @ vector
        vector = vector / vector.norm()
    if vector[0] < 0:
        vector = -vector
    return vector @ a @ vector, vector


# %% right="low_rank: the blanks"
def low_rank(a: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The best approximation of rank k of a matrix, its error in the Frobenius norm, and the spectral norm of a."""
    u, s, vh = torch.linalg.svd(a)
    approximation = u[:, :k] @ torch.diag(s[:k]) @ vh[:k]
    error = s[k:].square().sum().sqrt()
    spectral = s[0]
    return approximation, error, spectral


# %% right="low_rank: sum of outer products, error measured on the difference, spectral norm by matrix_norm"
def low_rank(a: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The best approximation of rank k of a matrix, its error in the Frobenius norm, and the spectral norm of a."""
    left, stretches, right = torch.linalg.svd(a, full_matrices=False)
    approximation = sum(stretches[i] * torch.outer(left[:, i], right[i]) for i in range(k))
    return approximation, torch.linalg.matrix_norm(a - approximation), torch.linalg.matrix_norm(a, 2)


# %% right="low_rank: shadow of the rows on the first right singular vectors, numpy svd in double"
def low_rank(a: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The best approximation of rank k of a matrix, its error in the Frobenius norm, and the spectral norm of a."""
    import numpy as np

    table = a.detach().numpy().astype(np.float64)
    _, sizes, rows = np.linalg.svd(table, full_matrices=False)
    kept = rows[:k]
    results = table @ kept.T @ kept, np.sqrt(np.sum(sizes[k:] ** 2)), sizes.max()
    return tuple(torch.as_tensor(result, dtype=a.dtype) for result in results)


# %% wrong="low_rank: transposes V^T back to V; breaks: torch.linalg.svd returns V^T (not V), A = U Sigma V^T, seen with any matrix whose V is not symmetric"
def low_rank(a: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The best approximation of rank k of a matrix, its error in the Frobenius norm, and the spectral norm of a."""
    u, s, vh = torch.linalg.svd(a)
    approximation = u[:, :k] @ torch.diag(s[:k]) @ vh.T[:k]
    error = s[k:].square().sum().sqrt()
    spectral = s[0]
    return approximation, error, spectral


# %% wrong="low_rank: error is the sum of the dropped singular values; breaks: root of the sum of squares (Frobenius norm), seen when two or more are dropped"
def low_rank(a: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The best approximation of rank k of a matrix, its error in the Frobenius norm, and the spectral norm of a."""
    u, s, vh = torch.linalg.svd(a)
    approximation = u[:, :k] @ torch.diag(s[:k]) @ vh[:k]
    error = s[k:].sum()
    spectral = s[0]
    return approximation, error, spectral


# %% wrong="low_rank: error is only the first dropped singular value; breaks: its error in the Frobenius norm, and k may be all of them, seen with two dropped values, and an index error for k = all"
def low_rank(a: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The best approximation of rank k of a matrix, its error in the Frobenius norm, and the spectral norm of a."""
    u, s, vh = torch.linalg.svd(a)
    approximation = u[:, :k] @ torch.diag(s[:k]) @ vh[:k]
    error = s[k].square().sum().sqrt()
    spectral = s[0]
    return approximation, error, spectral


# %% wrong="low_rank: spectral norm as largest row sum; breaks: The largest singular value is the spectral norm, seen with [[1, 1], [0, 0]] (2 and not 1.414)"
def low_rank(a: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The best approximation of rank k of a matrix, its error in the Frobenius norm, and the spectral norm of a."""
    u, s, vh = torch.linalg.svd(a)
    approximation = u[:, :k] @ torch.diag(s[:k]) @ vh[:k]
    error = s[k:].square().sum().sqrt()
    spectral = torch.linalg.matrix_norm(a, ord=math.inf)
    return approximation, error, spectral


# %% wrong="low_rank: only the k-th term of the sum; breaks: Stop the sum after k terms (rank k), seen with k = 2"
def low_rank(a: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The best approximation of rank k of a matrix, its error in the Frobenius norm, and the spectral norm of a."""
    u, s, vh = torch.linalg.svd(a)
    approximation = u[:, k - 1 : k] @ s[k - 1 : k].diag() @ vh[k - 1 : k]
    error = s[k:].square().sum().sqrt()
    spectral = s[0]
    return approximation, error, spectral


# %% right="subspaces: full SVD, slices"
def subspaces(a: torch.Tensor, tiny: float) -> tuple[int, torch.Tensor, torch.Tensor]:
    """The rank of a (rows, columns), a basis (rows, rank) of its range, and one (columns, n) of its null space."""
    u, s, vh = torch.linalg.svd(a)
    rank = int((s > tiny * s.max()).sum())
    return rank, u[:, :rank], vh[rank:].T


# %% right="subspaces: SVD of the transpose in numpy doubles, rank counted by a loop"
def subspaces(a: torch.Tensor, tiny: float) -> tuple[int, torch.Tensor, torch.Tensor]:
    """The rank of a (rows, columns), a basis (rows, rank) of its range, and one (columns, n) of its null space."""
    import numpy as np

    inner, sizes, outer = np.linalg.svd(a.detach().numpy().astype(np.float64).T, full_matrices=True)
    rank = 0
    while rank < len(sizes) and sizes[rank] > tiny * sizes[0]:
        rank += 1
    reach, unseen = outer[:rank].T, inner[:, rank:]
    return rank, torch.tensor(reach, dtype=a.dtype), torch.tensor(unseen, dtype=a.dtype)


# %% right="subspaces: zero rows added so that V is square in the thin SVD, then masks"
def subspaces(a: torch.Tensor, tiny: float) -> tuple[int, torch.Tensor, torch.Tensor]:
    """The rank of a (rows, columns), a basis (rows, rank) of its range, and one (columns, n) of its null space."""
    rows, columns = a.shape
    padded = torch.cat([a, a.new_zeros(max(0, columns - rows), columns)])
    left, stretch, right = torch.linalg.svd(padded, full_matrices=False)
    seen = stretch > tiny * stretch[0]
    return seen.sum().item(), left[:rows, seen], right[~seen].mT


# %% wrong="subspaces: tiny is compared with the singular value itself; breaks: at most tiny times the largest count as zero, seen with 1e-6 times the identity, or 1e6 times a rank-one matrix"
def subspaces(a: torch.Tensor, tiny: float) -> tuple[int, torch.Tensor, torch.Tensor]:
    """The rank of a (rows, columns), a basis (rows, rank) of its range, and one (columns, n) of its null space."""
    u, s, vh = torch.linalg.svd(a)
    rank = int((s > tiny).sum())
    return rank, u[:, :rank], vh[rank:].T


# %% wrong="subspaces: thin SVD, so a wide matrix loses most of its null space; breaks: The rank and the dimension of the null space add up to the number of columns, seen with a 2 by 5 matrix"
def subspaces(a: torch.Tensor, tiny: float) -> tuple[int, torch.Tensor, torch.Tensor]:
    """The rank of a (rows, columns), a basis (rows, rank) of its range, and one (columns, n) of its null space."""
    u, s, vh = torch.linalg.svd(a, full_matrices=False)
    rank = int((s > tiny * s[0]).sum())
    return rank, u[:, :rank], vh[rank:].T


# %% wrong="subspaces: counts singular values of at least tiny times the largest; breaks: at most tiny times the largest count as zero; basis of the range (rows, 0) when the matrix is all zeros, seen with a matrix of zeros"
def subspaces(a: torch.Tensor, tiny: float) -> tuple[int, torch.Tensor, torch.Tensor]:
    """The rank of a (rows, columns), a basis (rows, rank) of its range, and one (columns, n) of its null space."""
    u, s, vh = torch.linalg.svd(a)
    rank = int((s >= tiny * s[0]).sum())
    return rank, u[:, :rank], vh[rank:].T


# %% wrong="subspaces: the range is given by the first columns of a, scaled to length 1; breaks: an orthonormal basis of the range, seen with two columns that are not at right angles"
def subspaces(a: torch.Tensor, tiny: float) -> tuple[int, torch.Tensor, torch.Tensor]:
    """The rank of a (rows, columns), a basis (rows, rank) of its range, and one (columns, n) of its null space."""
    _, s, vh = torch.linalg.svd(a)
    rank = int((s > tiny * s[0]).sum())
    first = a[:, :rank]
    return rank, first / first.norm(dim=0), vh[rank:].T


# %% wrong="subspaces: rank from matrix_rank with its own tolerance; breaks: at most tiny times the largest count as zero (tiny is ignored), seen with diag(1, 0.01) and tiny = 0.1"
def subspaces(a: torch.Tensor, tiny: float) -> tuple[int, torch.Tensor, torch.Tensor]:
    """The rank of a (rows, columns), a basis (rows, rank) of its range, and one (columns, n) of its null space."""
    u, _, vh = torch.linalg.svd(a)
    rank = int(torch.linalg.matrix_rank(a))
    return rank, u[:, :rank], vh[rank:].T


# %% right="pca: eigh of the covariance, turned round"
def pca(x: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Mean, first k principal components (k, features) and their variances (k,), for rows x (n, features)."""
    mean = x.mean(dim=0)
    centred = x - mean
    values, vectors = torch.linalg.eigh(centred.T @ centred / (len(x) - 1))
    return mean, vectors.T.flip(0)[:k], values.flip(0)[:k]


def rebuild(x: torch.Tensor, mean: torch.Tensor, components: torch.Tensor) -> torch.Tensor:
    """The rows x (n, features), reconstructed from the mean and their components (k, features)."""
    return (x - mean) @ components.T @ components + mean


# %% right="pca: SVD of the centred rows; rebuild as two linear layers"
def pca(x: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Mean, first k principal components (k, features) and their variances (k,), for rows x (n, features)."""
    centre = x.sum(dim=0) / x.shape[0]
    _, sizes, rows = torch.linalg.svd(x - centre, full_matrices=False)
    return centre, rows[:k], sizes[:k].square().div(x.shape[0] - 1)


def rebuild(x: torch.Tensor, mean: torch.Tensor, components: torch.Tensor) -> torch.Tensor:
    """The rows x (n, features), reconstructed from the mean and their components (k, features)."""
    numbers = torch.nn.functional.linear(x - mean, components)
    return torch.nn.functional.linear(numbers, components.T, mean)


# %% right="pca: numpy in double with np.cov and sorting by argsort; rebuild row by row, shadow by shadow"
def pca(x: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Mean, first k principal components (k, features) and their variances (k,), for rows x (n, features)."""
    import numpy as np

    table = x.detach().numpy().astype(np.float64)
    spread = np.atleast_2d(np.cov(table, rowvar=False))
    values, vectors = np.linalg.eigh(spread)
    best = np.argsort(-values)[:k]
    found = table.mean(axis=0), vectors[:, best].T, values[best]
    return tuple(torch.tensor(part, dtype=x.dtype) for part in found)


def rebuild(x: torch.Tensor, mean: torch.Tensor, components: torch.Tensor) -> torch.Tensor:
    """The rows x (n, features), reconstructed from the mean and their components (k, features)."""
    result = mean.expand_as(x).clone()
    for place, row in enumerate(x):
        for component in components:
            result[place] += ((row - mean) @ component) * component
    return result


# %% wrong="pca: the last k eigenvectors without turning their order; breaks: largest first, seen with k = 2"
def pca(x: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Mean, first k principal components (k, features) and their variances (k,), for rows x (n, features)."""
    mean = x.mean(dim=0)
    centred = x - mean
    values, vectors = torch.linalg.eigh(centred.T @ centred / (len(x) - 1))
    return mean, vectors[:, -k:].T, values[-k:]


def rebuild(x: torch.Tensor, mean: torch.Tensor, components: torch.Tensor) -> torch.Tensor:
    """The rows x (n, features), reconstructed from the mean and their components (k, features)."""
    return (x - mean) @ components.T @ components + mean


# %% wrong="pca: takes rows of the eigenvector matrix, not columns; breaks: the first k components as rows (eigenvectors of C), seen with three or more features"
def pca(x: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Mean, first k principal components (k, features) and their variances (k,), for rows x (n, features)."""
    mean = x.mean(dim=0)
    centred = x - mean
    values, vectors = torch.linalg.eigh(centred.T @ centred / (len(x) - 1))
    return mean, vectors.flip(0)[:k], values.flip(0)[:k]


def rebuild(x: torch.Tensor, mean: torch.Tensor, components: torch.Tensor) -> torch.Tensor:
    """The rows x (n, features), reconstructed from the mean and their components (k, features)."""
    return (x - mean) @ components.T @ components + mean


# %% wrong="pca: randomised torch.pca_lowrank; breaks: Randomised routines such as torch.pca_lowrank are not exact enough here, seen with 200 rows of 100 independent features and k = 5 (variances too small, components off)"
def pca(x: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Mean, first k principal components (k, features) and their variances (k,), for rows x (n, features)."""
    mean = x.mean(dim=0)
    _, s, v = torch.pca_lowrank(x, q=k)
    return mean, v.T, s**2 / (len(x) - 1)


def rebuild(x: torch.Tensor, mean: torch.Tensor, components: torch.Tensor) -> torch.Tensor:
    """The rows x (n, features), reconstructed from the mean and their components (k, features)."""
    return (x - mean) @ components.T @ components + mean


# %% wrong="pca: rebuild cuts negative ink to zero; breaks: subtract the mean, k numbers for each row, back, add the mean, seen with rows that have negative numbers"
def pca(x: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Mean, first k principal components (k, features) and their variances (k,), for rows x (n, features)."""
    mean = x.mean(dim=0)
    _, s, vh = torch.linalg.svd(x - mean, full_matrices=False)
    return mean, vh[:k], s[:k] ** 2 / (len(x) - 1)


def rebuild(x: torch.Tensor, mean: torch.Tensor, components: torch.Tensor) -> torch.Tensor:
    """The rows x (n, features), reconstructed from the mean and their components (k, features)."""
    return ((x - mean) @ components.T @ components + mean).clamp(min=0)


# %% wrong="pca: divides by n; breaks: the covariance matrix with 1/(n - 1), seen with any rows, most with few"
def pca(x: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Mean, first k principal components (k, features) and their variances (k,), for rows x (n, features)."""
    mean = x.mean(dim=0)
    centred = x - mean
    values, vectors = torch.linalg.eigh(centred.T @ centred / len(x))
    return mean, vectors.T.flip(0)[:k], values.flip(0)[:k]


def rebuild(x: torch.Tensor, mean: torch.Tensor, components: torch.Tensor) -> torch.Tensor:
    """The rows x (n, features), reconstructed from the mean and their components (k, features)."""
    return (x - mean) @ components.T @ components + mean


# %% right="strongest: Rayleigh quotient, results as lists"
def strongest(a: torch.Tensor, start: torch.Tensor, k: int, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The k eigenvalues of largest size (k,), largest first, and their unit vectors (k, n), of a symmetric a (n, n)."""
    values, vectors = [], []
    for _ in range(k):
        vector = start
        for _ in range(steps):
            vector = a @ vector / (a @ vector).norm()
        value = vector @ a @ vector
        a = a - value * torch.outer(vector, vector)
        values.append(value)
        vectors.append(vector)
    return values, vectors


# %% right="strongest: keeps the length and gives it the sign of the dot product of v and a v"
def strongest(a: torch.Tensor, start: torch.Tensor, k: int, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The k eigenvalues of largest size (k,), largest first, and their unit vectors (k, n), of a symmetric a (n, n)."""
    values, vectors = [], []
    for _ in range(k):
        vector = start
        for _ in range(steps):
            vector = a @ vector / (a @ vector).norm()
        moved = a @ vector
        value = moved.norm() * (1 if torch.dot(moved, vector) >= 0 else -1)
        a = a - value * torch.outer(vector, vector)
        values.append(value)
        vectors.append(vector)
    return torch.stack(values), torch.stack(vectors)


# %% right="strongest: matrix stays as it is, shadows on found vectors are removed in each step, own double copies"
def strongest(a: torch.Tensor, start: torch.Tensor, k: int, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The k eigenvalues of largest size (k,), largest first, and their unit vectors (k, n), of a symmetric a (n, n)."""
    matrix = a.double()
    values, found = torch.zeros(k, dtype=torch.float64), torch.zeros(k, len(a), dtype=torch.float64)
    for place in range(k):
        arrow = start.double()
        for _ in range(steps):
            arrow = matrix @ arrow
            arrow = arrow - found.T @ (found @ arrow)
            arrow = arrow / arrow.norm()
        found[place] = arrow
        values[place] = arrow @ matrix @ arrow
    return values.to(a.dtype), found.to(a.dtype)


# %% wrong="strongest: the sign is taken from the sum of a v, right only when v points to the positive side; breaks: returns the values (here -3, 2, 1), seen with an odd number of steps, or an eigenvector of negative sum"
def strongest(a: torch.Tensor, start: torch.Tensor, k: int, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The k eigenvalues of largest size (k,), largest first, and their unit vectors (k, n), of a symmetric a (n, n)."""
    values, vectors = [], []
    for _ in range(k):
        vector = start
        for _ in range(steps):
            vector = a @ vector / (a @ vector).norm()
        value = (a @ vector).norm() * torch.sign((a @ vector).sum())
        a = a - value * torch.outer(vector, vector)
        values.append(value)
        vectors.append(vector)
    return torch.stack(values), torch.stack(vectors)


# %% wrong="strongest: vectors as columns; breaks: in row i of the vectors the one that belongs to value i, seen with k = 2 of n = 3 (shape), or a matrix whose vectors are not symmetric"
def strongest(a: torch.Tensor, start: torch.Tensor, k: int, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The k eigenvalues of largest size (k,), largest first, and their unit vectors (k, n), of a symmetric a (n, n)."""
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


# %% wrong="strongest: the vectors are no longer scaled to length 1 when they are returned; breaks: their unit vectors, seen with eigenvalues of size other than 1"
def strongest(a: torch.Tensor, start: torch.Tensor, k: int, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The k eigenvalues of largest size (k,), largest first, and their unit vectors (k, n), of a symmetric a (n, n)."""
    values, vectors = [], []
    for _ in range(k):
        vector = start
        for _ in range(steps):
            vector = a @ vector / (a @ vector).norm()
        moved = a @ vector
        value = vector @ moved
        a = a - value * torch.outer(vector, vector)
        values.append(value)
        vectors.append(moved)
    return torch.stack(values), torch.stack(vectors)


# %% wrong="strongest: takes the strongest entry's row and column out in place of lambda v v^T; breaks: takes the first one out of the matrix, A - lambda v v^T (the k eigenvalues), seen with a matrix that is not diagonal such as [[2, 1], [1, -2]]"
def strongest(a: torch.Tensor, start: torch.Tensor, k: int, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The k eigenvalues of largest size (k,), largest first, and their unit vectors (k, n), of a symmetric a (n, n)."""
    values, vectors = [], []
    for _ in range(k):
        vector = start
        for _ in range(steps):
            vector = a @ vector / (a @ vector).norm()
        value = vector @ a @ vector
        place = int(vector.abs().argmax())
        a = a.clone()
        a[place] = 0
        a[:, place] = 0
        values.append(value)
        vectors.append(vector)
    return torch.stack(values), torch.stack(vectors)


# %% wrong="strongest: deflates the caller's matrix in place; breaks: it leaves its inputs unchanged, seen with any a"
def strongest(a: torch.Tensor, start: torch.Tensor, k: int, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The k eigenvalues of largest size (k,), largest first, and their unit vectors (k, n), of a symmetric a (n, n)."""
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
