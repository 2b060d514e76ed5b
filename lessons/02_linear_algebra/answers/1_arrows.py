# Answers to the exercises of 1_arrows.py, right and wrong: what `course audit` grades. No student sees them.

# %% right="compare: by the library"
def compare(x, y):
    dot = torch.dot(x, y)
    length_x, length_y = torch.linalg.vector_norm(x), y.norm()
    cosine = torch.cosine_similarity(x, y, dim=0)
    return dot, x / length_x, cosine, torch.acos(dot / length_x / length_y) * 180 / math.pi


# %% right="compare: in plain Python numbers"
def compare(x, y):
    x, y = x.tolist(), y.tolist()
    dot = sum(a * b for a, b in zip(x, y, strict=True))
    length_x, length_y = math.sqrt(sum(a * a for a in x)), math.sqrt(sum(b * b for b in y))
    cosine = dot / (length_x * length_y)
    angle = math.degrees(math.acos(cosine))
    return tuple(map(torch.tensor, (dot, [a / length_x for a in x], cosine, angle)))


# %% wrong="compare: forgets to add up"
def compare(x, y):
    dot = x * y
    length_x, length_y = (x * x).sum().sqrt(), (y * y).sum().sqrt()
    cosine = dot / (length_x * length_y)
    return dot, x / length_x, cosine, torch.rad2deg(torch.acos(cosine))


# %% wrong="compare: forgets the root"
def compare(x, y):
    dot = (x * y).sum()
    length_x, length_y = (x * x).sum(), (y * y).sum()
    cosine = dot / (length_x * length_y)
    return dot, x / length_x, cosine, torch.rad2deg(torch.acos(cosine))


# %% wrong="compare: divides by one length only"
def compare(x, y):
    dot = (x * y).sum()
    length_x = (x * x).sum().sqrt()
    cosine = dot / length_x
    return dot, x / length_x, cosine, torch.rad2deg(torch.acos(cosine))


# %% wrong="compare: angle in radians"
def compare(x, y):
    dot = (x * y).sum()
    length_x, length_y = (x * x).sum().sqrt(), (y * y).sum().sqrt()
    cosine = dot / (length_x * length_y)
    return dot, x / length_x, cosine, torch.acos(cosine)


# %% wrong="compare: divides by the largest entry"
def compare(x, y):
    dot = (x * y).sum()
    length_x, length_y = (x * x).sum().sqrt(), (y * y).sum().sqrt()
    cosine = dot / (length_x * length_y)
    return dot, x / x.abs().max(), cosine, torch.rad2deg(torch.acos(cosine))


# %% wrong="compare: the angle of the first two entries only"
def compare(x, y):
    dot = (x * y).sum()
    cosine = dot / (x.norm() * y.norm())
    angle = torch.rad2deg(torch.atan2(x[1], x[0]) - torch.atan2(y[1], y[0])).abs()
    return dot, x / x.norm(), cosine, torch.minimum(angle, 360 - angle)


# %% wrong="compare: scales its input"
def compare(x, y):
    dot = (x * y).sum()
    cosine = dot / (x.norm() * y.norm())
    unit = x.div_(x.norm())
    return dot, unit, cosine, torch.rad2deg(torch.acos(cosine))


# %% right="norms: by the library"
def p_norm(x, p):
    return torch.linalg.vector_norm(x, ord=p)


def frobenius(a):
    return torch.linalg.matrix_norm(a)


# %% right="norms: by loops"
def p_norm(x, p):
    sizes = [abs(value) for value in x.tolist()]
    if math.isinf(p):
        return x.new_tensor(max(sizes))
    return x.new_tensor(sum(size**p for size in sizes) ** (1 / p))


def frobenius(a):
    return (a.T @ a).trace().sqrt()


# %% wrong="norms: forgets the sizes"
def p_norm(x, p):
    if p == math.inf:
        return x.abs().max()
    return x.pow(p).sum().pow(1 / p)


def frobenius(a):
    return (a.T @ a).trace().sqrt()


# %% wrong="norms: changes its input"
def p_norm(x, p):
    x.abs_()
    if p == math.inf:
        return x.max()
    return x.pow(p).sum().pow(1 / p)


def frobenius(a):
    return (a.T @ a).trace().sqrt()


# %% wrong="norms: turns gradients on for good"
def p_norm(x, p):
    torch.set_grad_enabled(True)
    if p == math.inf:
        return x.abs().max()
    return x.abs().pow(p).sum().pow(1 / p)


def frobenius(a):
    return (a.T @ a).trace().sqrt()


# %% wrong="norms: always takes the square root"
def p_norm(x, p):
    if p == math.inf:
        return x.abs().max()
    return x.abs().pow(p).sum().sqrt()


def frobenius(a):
    return (a.T @ a).trace().sqrt()


# %% wrong="norms: largest entry instead of largest size"
def p_norm(x, p):
    if p == math.inf:
        return x.max()
    return x.abs().pow(p).sum().pow(1 / p)


def frobenius(a):
    return (a.T @ a).trace().sqrt()


# %% wrong="norms: Frobenius by the diagonal alone"
def p_norm(x, p):
    if p == math.inf:
        return x.abs().max()
    return x.abs().pow(p).sum().pow(1 / p)


def frobenius(a):
    return a.diagonal().square().sum().sqrt()


# %% wrong="norms: adds up all of the product"
def p_norm(x, p):
    if p == math.inf:
        return x.abs().max()
    return x.abs().pow(p).sum().pow(1 / p)


def frobenius(a):
    return (a.T @ a).sum().sqrt()


# %% equivalent="norms: a norm has no sign, and forgets the sign of every entry"
# spoiler: p_norm returns absolute
# spoiler: p_norm takes absolute
# spoiler: frobenius returns absolute
# spoiler: frobenius takes absolute


# %% right="project: by a unit vector"
def project(x, a):
    unit = a / a.norm()
    shadow = torch.dot(unit, x) * unit
    return shadow, x - shadow


# %% right="project: by the projection matrix"
def project(x, a):
    matrix = torch.outer(a, a) / a.dot(a)
    return matrix @ x, (torch.eye(len(a)) - matrix) @ x


# %% wrong="project: divides by the length only"
def project(x, a):
    shadow = (x @ a) / a.norm() * a
    return shadow, x - shadow


# %% wrong="project: on the other one"
def project(x, a):
    shadow = (x @ a) / (x @ x) * x
    return shadow, x - shadow


# %% wrong="project: divides by x with itself"
def project(x, a):
    shadow = (x @ a) / (x @ x) * a
    return shadow, x - shadow


# %% wrong="project: forgets that a may be long"
def project(x, a):
    shadow = (x @ a) * a
    return shadow, x - shadow


# %% wrong="project: the rest the wrong way round"
def project(x, a):
    shadow = (x @ a) / (a @ a) * a
    return shadow, shadow - x


# %% wrong="project: on a ray instead of a line"
def project(x, a):
    shadow = ((x @ a) / (a @ a)).clamp(min=0) * a
    return shadow, x - shadow


# %% wrong="project: loses the gradient of a"
def project(x, a):
    b = a.detach()
    shadow = (x @ b) / (b @ b) * b
    return shadow, x - shadow


# %% wrong="project: takes the shadow away from its input"
def project(x, a):
    shadow = (x @ a) / (a @ a) * a
    return shadow, x.sub_(shadow)


# %% wrong="compare: a short vector counts as one of length 0.01"
def compare(x, y):
    dot = (x * y).sum()
    cosine = dot / (x.norm().clamp(min=1e-2) * y.norm().clamp(min=1e-2))
    return dot, x / x.norm().clamp(min=1e-2), cosine, torch.rad2deg(torch.acos(cosine))


# %% wrong="norms: p above ten is infinity"
def p_norm(x, p):
    if p > 10:
        return x.abs().max()
    return x.abs().pow(p).sum().pow(1 / p)


def frobenius(a):
    return a.square().sum().sqrt()


# %% wrong="project: a small rest is taken for rounding"
def project(x, a):
    share = (x * a).sum() / (a * a).sum()
    s = share * a
    return s, x - s if (x - s).norm() > 0.1 else (x - s) * 0


# %% wrong="norms: p = 40 in place of infinity, which shows when sizes are equal"
def p_norm(x, p):
    p = min(p, 40)
    m = x.abs().max()
    return m * (x.abs() / m).pow(p).sum().pow(1 / p)


def frobenius(a):
    return a.square().sum().sqrt()


# %% wrong="compare: the first 256 entries have to do"
def compare(x, y):
    x, y = x[:256], y[:256]
    dot = (x * y).sum()
    unit = x / (x * x).sum().sqrt()
    cosine = dot / ((x * x).sum() * (y * y).sum()).sqrt()
    return dot, unit, cosine, torch.rad2deg(torch.acos(cosine))


# %% wrong="norms: infinity by a high power"
def p_norm(x, p):
    x, p = x.double(), min(p, 1000.0)
    return x.abs().pow(p).sum().pow(1 / p)


def frobenius(a):
    return a.square().sum().sqrt()


# %% wrong="compare: plain numbers and a list"
def compare(x, y):
    x, y = x.tolist(), y.tolist()
    dot = sum(a * b for a, b in zip(x, y, strict=True))
    length_x, length_y = math.hypot(*x), math.hypot(*y)
    cosine = dot / (length_x * length_y)
    return dot, [a / length_x for a in x], cosine, math.degrees(math.acos(cosine))
