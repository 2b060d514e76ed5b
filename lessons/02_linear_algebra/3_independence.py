# %% [markdown]
# ## 3 · Independent, or not
#
# **In this part you will** find out which vectors are independent, solve systems by elimination, fit the best answer to
# a question without one, and tell bowls from saddles.
#
# Vectors are **linearly independent** when none of them is a mix of the others. All the mixes that can be made of
# some vectors form their **span**: of two arrows a plane, or only a line when one is a multiple of the other. A span
# is a **subspace**: it contains zero, and you cannot leave it by adding or scaling. The number of independent columns
# of a matrix is its **rank**.
#
# How do you find out? Take the columns one after the other and remove the shadows on what you have already. If
# something is left, it is a new direction: make its length 1 and keep it. If nothing is left, the column was a mix of
# those before. This is the **Gram–Schmidt** process, and what it collects is an **orthonormal** basis of the span:
# right angles and unit lengths. In the picture it takes the blue arrow first, then the red one.

# %%
one, two = torch.tensor([3.0, 1.0]), torch.tensor([2.0, 3.0])
rest = two - (one @ two) / (one @ one) * one
figure, axes = plt.subplots(1, 3, figsize=(9, 3))
arrows(axes[0], [one, two], ["first", "second"], limit=4.4)
arrows(axes[1], [one, rest], ["first", "what is left"], limit=4.4)
arrows(axes[2], [one / one.norm(), rest / rest.norm()], ["q1", "q2"], limit=1.4)
figure.tight_layout()

# %% [markdown]
# ### Exercise: Gram–Schmidt
# difficulty 4/5 · 12 minutes · cards: independence, span, rank, gram-schmidt, qr
#
# Return the collected unit vectors as columns of one matrix, in the order of the columns that they came from, each with
# the direction of what was left (not the opposite one). Skip a column when the length of what is left is at most `tiny`
# times the length of the column: that leaves out zero columns too. (In floating point, what is left of a mix is hardly
# ever exactly zero.) At least one column is not zero.
#
# hint: The vectors that you have collected are unit vectors at right angles, so the shadow on each is `(q @ x) * q`,
# and you may take the shadows away one after the other.


# %% solution="gram_schmidt" promises="leaves-inputs, tensor, by-hand(qr)"
def gram_schmidt(a: torch.Tensor, tiny: float) -> torch.Tensor:
    """The basis (rows, rank) that Gram–Schmidt finds for the columns of a (rows, columns), not all of them zero."""
    ### BEGIN SOLUTION
    basis = []
    for column in a.T:
        rest = column
        for q in basis:
            rest = rest - (q * rest).sum() * q
        if rest.norm() > tiny * column.norm():
            basis.append(rest / rest.norm())
    return torch.stack(basis, dim=1)
    ### END SOLUTION


# %% tests="gram_schmidt" points=5
def examples(rng):
    yield checks.example(gram_schmidt, {"a": rng.tensor(5, 3), "tiny": 1e-4})


with checks.check("two arrows in the plane", hint="take the shadow on the first away from the second, then scale"):
    checks.close(gram_schmidt(torch.tensor([[3.0, 1.0], [4.0, 0.0]]), 1e-4), [[0.6, 0.8], [0.8, -0.6]], rtol=1e-4)
with checks.check("a multiple adds no direction", hint="what is left of the second column?"):
    checks.shape(gram_schmidt(torch.tensor([[1.0, 2.0], [1.0, 2.0]]), 1e-4), 2, 1)
### BEGIN HIDDEN TESTS
rng = checks.rng()
n, k = rng.integer(5, 7), rng.integer(3, 4)
q = torch.linalg.qr(rng.tensor(n, k)).Q
# No bad luck here: over 20,000 draws rounding used up less than 1 % of the tolerance.
mix = rng.tensor(k, k).triu(1) + torch.diag(rng.tensor(k, low=0.5, high=2))
a = q @ mix
whole = torch.linalg.qr(rng.tensor(4, 4)).Q  # as many columns as rows
with checks.check("right angles, unit lengths, in order", hint="every earlier direction has to be taken away"):
    checks.close(gram_schmidt(a, 1e-3), q, rtol=1e-3, atol=1e-3)
    skew = rng.tensor(4, 4).triu(1) + torch.diag(rng.tensor(4, low=0.5, high=2))
    checks.close(gram_schmidt(whole @ skew, 1e-3), whole, rtol=1e-3, atol=1e-3)
with checks.check(
    "mixes of earlier columns and zeros are left out", hint="measure what is left against the column itself"
):
    mixed = [
        torch.zeros(n),
        a[:, 0],
        a[:, 0] * -3,
        a[:, 1],
        torch.zeros(n),
        a[:, 1] + 2 * a[:, 0],
        *a[:, 2:].T,
        a.sum(dim=1),
    ]
    checks.close(gram_schmidt(torch.stack(mixed, dim=1), 1e-3), q, rtol=1e-3, atol=1e-3)
    gaps = torch.tensor([[0.0, -2.0, 0.0, 4.0], [0.0, 0.0, 0.0, 3.0]])  # where nothing at all is left, and tiny is 0
    checks.close(gram_schmidt(gaps, 0.0), [[-1.0, 0.0], [0.0, 1.0]], rtol=1e-4, atol=1e-6)
    wide = torch.cat([whole, rng.tensor(4, 30)], dim=1)
    checks.close(gram_schmidt(torch.cat([torch.zeros(4, 20), wide], dim=1), 1e-3), whole, rtol=1e-3, atol=1e-3)
with checks.check("short columns count, long ones may be mixes", hint="tiny is a share of the column's length"):
    scales = torch.tensor([1.0, 1e-7, 1e7, 1.0])[:k]
    checks.close(gram_schmidt(a * scales, 1e-2), q, rtol=1e-3, atol=1e-3)
    for size in (1e-3, 1.0, 1e3):
        nearly = size * torch.stack([q[:, 0], 100 * q[:, 0] + q[:, 1]], dim=1)
        checks.shape(gram_schmidt(nearly, 0.05), n, 1)
        checks.shape(gram_schmidt(nearly, 0.005), n, 2)
    checks.close(gram_schmidt(-a[:, :1], 1e-3), -q[:, :1], rtol=1e-3, atol=1e-3)
### END HIDDEN TESTS

# %% [markdown]
# The basis makes a matrix $Q$ with orthonormal columns. If it is square, it is called **orthogonal**: then
# $Q^\top Q = Q Q^\top = I$, so its inverse is simply its transpose, and it keeps all lengths and angles, like a rotation
# or a reflection. And since each column of $A$ is a mix of the first few $q$'s, $A = Q R$ with an upper triangular $R$.
# That is the **QR factorisation**. **Predict** the shape of the pattern below: which entries will be zero?

# %%
pictures = digits.train_x[::1000].flatten(1).T  # four digits as columns, (784, 4)
q = gram_schmidt(pictures, 1e-4)
print("Qᵀ Q:", (q.T @ q).abs().round(decimals=2), "R = Qᵀ A:", (q.T @ pictures).round(decimals=2), sep="\n")

# %% [markdown]
# ### Exercise: elimination
# difficulty 4/5 · 12 minutes · cards: lu, det-elimination, row-operations
#
# The workhorse of all solving. Take multiples of a row away from the rows below it, until only zeros are left below
# the diagonal. What remains is an upper triangular $U$. Write down the multiples that you used, with ones on the
# diagonal, and you have a lower triangular $L$ with $LU = A$. In between, rows have to be swapped: never divide by
# zero, and avoid small pivots, which magnify rounding. So take as the next **pivot** the entry of largest *size* in
# what is left of the column (of several that are equally large, any). In total, the rows of $A$ in a new `order` are $LU$.
#
# Taking a multiple of a row away does not change a determinant, and a swap turns its sign. The determinant of a
# triangle is the product of its diagonal. So the determinant comes for free, with about $n^3/3$ multiplications
# instead of $n!$. Fill the blanks. (Multipliers are kept where the zeros would be, which saves a matrix. Tensors
# are asked for as $L$ and $U$; the order may be a list of whole numbers, the determinant a plain number.)


# %% solution="eliminate" promises="leaves-inputs, tensors, by-hand(lu, det, solve)"
def eliminate(a: torch.Tensor) -> tuple[list[int], torch.Tensor, torch.Tensor, torch.Tensor]:
    """The order of the rows, L and U (n, n) with a[order] = L @ U, and the determinant, for an invertible a (n, n)."""
    work, order, sign = a.clone(), list(range(len(a))), 1
    for k in range(len(a)):
        pivot = k + int(work[k:, k].abs().argmax())  # ? abs() | argmax()
        if pivot != k:
            work[[k, pivot]] = work[[pivot, k]]
            order[k], order[pivot] = order[pivot], order[k]
            sign = -sign  # ? -sign
        for row in range(k + 1, len(a)):
            work[row, k] /= work[k, k]  # ? work[k, k]
            work[row, k + 1 :] -= work[row, k] * work[k, k + 1 :]  # ? work[row, k]
    lower, upper = work.tril(-1) + torch.eye(len(a)), work.triu()  # ? triu()
    return order, lower, upper, sign * upper.diagonal().prod()  # ? sign | prod()


# %% tests="eliminate" points=5
def examples(rng):
    yield checks.example(lambda a: eliminate(a)[1:3], {"a": rng.tensor(4, 4) + 2 * torch.eye(4).flip(0)})


with checks.check("two rows that have to be swapped", hint="the pivot is the larger of 1 and 4"):
    order, lower, upper, volume = eliminate(torch.tensor([[1.0, 2.0], [4.0, 4.0]]))
    checks.equal(order, [1, 0])
    checks.close(lower, [[1.0, 0.0], [0.25, 1.0]])
    checks.close(upper, [[4.0, 4.0], [0.0, 1.0]])
with checks.check("the determinant of these two rows", hint="every swap turns the sign"):
    checks.close(eliminate(torch.tensor([[1.0, 2.0], [4.0, 4.0]]))[3], -4.0)
### BEGIN HIDDEN TESTS
rng = checks.rng()
n = rng.integer(5, 7)
left, right = (torch.linalg.qr(rng.tensor(n, n)).Q for _ in range(2))
sizes = rng.tensor(n, low=0.6, high=2)
a = left @ torch.diag(sizes) @ right
low = rng.tensor(n, n, low=-0.8, high=0.8).tril(-1) + torch.eye(n)
up = rng.tensor(n, n, low=-0.5, high=0.5).triu(1)
rounds = [*range(1, n), 0]  # a cycle, which is not its own inverse
with checks.check(
    "L times U is A with its rows in the new order", hint="which multiple of the pivot row makes a zero?"
):
    shuffled = torch.empty(n, n)
    shuffled[rounds] = low @ (up + torch.diag(sizes))
    for matrix in (a, shuffled, torch.eye(n)[rounds], torch.tensor([[-3.0]])):
        order, lower, upper, _ = eliminate(matrix)
        checks.close(doubles(lower) @ doubles(upper), matrix[torch.as_tensor(order).long()], rtol=1e-3, atol=1e-4)
with checks.check(
    "two triangles, ones on the diagonal of L, no multiplier above 1", hint="largest size means without the sign"
):
    for matrix in (a, -a):
        _, lower, upper, _ = eliminate(matrix)
        checks.close(doubles(lower).triu(), torch.eye(n), atol=1e-6)
        checks.close(doubles(upper).tril(-1), torch.zeros(n, n), atol=1e-6)
        checks.between(lower, -1.0001, 1.0001)
    checks.between(eliminate(torch.tensor([[1.0, 1.0], [-2.0, 100.0]]))[1], -1.0001, 1.0001)
with checks.check("determinants of any sign", hint="the product of the pivots, and a sign for the swaps"):
    for matrix in (a, a.flip(0), a[[1, 0, *range(2, n)]]):
        checks.close(eliminate(matrix)[3], torch.linalg.det(matrix.double()), rtol=1e-3)
    checks.close(eliminate(torch.tensor([[-3.0]]))[3], -3.0)
    for negative in range(3):  # pivots, and for each number of them an even and an odd number of swaps
        pivots = sizes * torch.tensor([-1.0] * negative + [1.0] * (n - negative))
        matrix, volume = low @ (up + torch.diag(pivots)), math.prod(pivots.tolist())
        checks.close(eliminate(matrix)[3], volume, rtol=1e-3)
        checks.close(eliminate(1e-4 * matrix)[3], 1e-4**n * volume, rtol=1e-3, atol=0)
        checks.close(eliminate(matrix[[1, 0, *range(2, n)]])[3], -volume, rtol=1e-3)
        checks.close(eliminate(matrix[[1, 2, 0, *range(3, n)]])[3], volume, rtol=1e-3)
### END HIDDEN TESTS

# %% [markdown]
# What is it good for? With $L$ and $U$ a system $A x = y$ falls apart into two easy ones. First $L z = y$ (with the rows of
# $y$ in the new order), from the top down: each row holds one new unknown. Then $U x = z$ from the bottom up. These are
# **forward** and **back substitution**. Each costs about $n^2/2$ multiplications, so for a second $y$ nearly all the work
# is done already. **Predict** whether `x` will be exact.

# %%
system, wanted = torch.tensor([[0.0, 2.0, 1.0], [1.0, 1.0, 1.0], [4.0, 1.0, 3.0]]), torch.tensor([7.0, 6.0, 15.0])
order, lower, upper, _ = eliminate(system)
z = torch.linalg.solve_triangular(lower, wanted[order, None], upper=False)
x = torch.linalg.solve_triangular(upper, z, upper=True)
print("x:", x[:, 0], "A x:", (system @ x)[:, 0])

# %% [markdown]
# ### Exercise: the best answer to a question without one
# difficulty 3/5 · 10 minutes · cards: range, projection-range, normal-equations
#
# Twenty measurements, three unknowns: $A x = y$ has no solution, because $y$ does not lie in the **range** of $A$
# (also called column space: all the mixes of its columns). The next best thing is the point of the range that is
# nearest to $y$: its shadow. What is left must stand at a right angle to every column,
# $A^\top (y - A x) = 0$, and that is a small square system, the **normal equations**
#
# $$A^\top A\, x = A^\top y \qquad\text{so that}\qquad \text{shadow} = A (A^\top A)^{-1} A^\top y$$
#
# (Forming $A^\top A$ squares the **condition number**, the ratio of the largest stretch of $A$ to the smallest. When
# the columns are almost dependent, library code therefore takes a QR factorisation instead: `torch.linalg.lstsq`.)
#
# Return the weights `x` and the shadow. The columns of `a` are independent. `y` may be one vector (n,) or a matrix
# (n, problems) with one problem in each column; `x` and the shadow have as many axes as `y`, also for one problem or
# one unknown.


# %% solution="least_squares" promises="leaves-inputs, differentiable(a, y), tensors, any-float"
def least_squares(a: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The x with the smallest |a x - y|, and a x, for a (n, k) and y (n,) or (n, problems)."""
    ### BEGIN SOLUTION
    weights = torch.linalg.solve(a.T @ a, a.T @ y)
    return weights, a @ weights
    ### END SOLUTION


# %% tests="least_squares" points=4
def examples(rng):
    yield checks.example(least_squares, {"a": rng.tensor(6, 2), "y": rng.tensor(6)})


a = torch.tensor([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]])
with checks.check("the best line through three points", hint="solve the normal equations"):
    checks.close(least_squares(a, torch.tensor([0.0, 1.0, 5.0]))[0], [-0.5, 2.5], rtol=1e-4)
### BEGIN HIDDEN TESTS
rng = checks.rng()
n, k = rng.integer(12, 20), rng.integer(3, 4)
# No bad luck here: over 20,000 draws rounding used up less than 1 % of the tolerance.
a = torch.linalg.qr(rng.tensor(n, k)).Q @ (torch.diag(rng.tensor(k, low=1, high=3)) + rng.tensor(k, k).triu(1))
y = rng.tensor(n)
with checks.check("the weights of any problem", hint="the transpose stands on both sides"):
    right = torch.linalg.lstsq(a.double(), y.double()[:, None]).solution[:, 0]
    checks.close(least_squares(a, y)[0], right, rtol=1e-3, atol=1e-3)
    for size in (1e-3, 1e3):  # of all columns, then of one
        checks.close(size * least_squares(size * a, y)[0], right, rtol=1e-3, atol=1e-3)
    scales = torch.tensor([1.0, 0.02, 1.0, 1.0])[:k]
    checks.close(scales * least_squares(a * scales, y)[0], right, rtol=2e-3, atol=2e-3)
    table = torch.linalg.qr(rng.tensor(300, 2)).Q @ torch.tensor([[10.0, 10.0], [0.0, 0.5]])  # nearly parallel columns
    far = table @ torch.tensor([3.0, -2.0]) + (torch.arange(300) > 200)  # the later rows disagree with the earlier ones
    right = torch.linalg.lstsq(table.double(), far.double()[:, None]).solution[:, 0]
    checks.close(least_squares(table, far)[0], right, rtol=1e-2, atol=1e-2, what="many rows, nearly parallel columns")
with checks.check(
    "the shadow, with the rest at right angles to every column", hint="the shadow is a mix of the columns"
):
    shadow = doubles(least_squares(a, y)[1])
    checks.shape(shadow, n)
    checks.close(a.double().T @ (y - shadow), torch.zeros(k), atol=1e-3)
    checks.close(shadow, (a.double() @ torch.linalg.pinv(a.double())) @ y.double(), rtol=1e-3, atol=1e-3)
with checks.check("several problems at once", hint="a matrix y has one problem in each column"):
    many = rng.tensor(n, 3)
    right = torch.linalg.pinv(a.double()) @ many.double()
    weights, shadow = least_squares(a, many)
    checks.close(weights, right, rtol=1e-3, atol=1e-3)
    checks.close(shadow, a.double() @ right, rtol=1e-3, atol=1e-3, what="shadow")
    for known, measured in ((a, many[:, :1]), (a[:, :1], y), (a[:, :1], many[:, :1])):  # one problem, one unknown
        right = torch.linalg.pinv(known.double()) @ measured.double()
        weights, shadow = least_squares(known, measured)
        checks.close(weights, right, rtol=1e-3, atol=1e-3)
        checks.close(shadow, known.double() @ right, rtol=1e-3, atol=1e-3, what="shadow")
### END HIDDEN TESTS

# %% [markdown]
# A cannonball was filmed, its height measured 20 times with a shaky hand. Physics says that the height is a parabola
# in time, $a + b t + c t^2$: three unknowns, linear in the unknowns. **Predict** whether three columns are enough for
# twenty measurements, and where you would see gravity.

# %%
generator = torch.Generator().manual_seed(3)
time = torch.linspace(0, 4, 20)
height = 2 + 20 * time - 4.9 * time**2 + 1.5 * torch.randn(20, generator=generator)
table = torch.stack([torch.ones(20), time, time**2], dim=1)
weights, shadow = least_squares(table, height)
plt.figure(figsize=(5, 2.8))
plt.scatter(time, height, s=10)
plt.plot(time, shadow, "tab:red")
plt.title(f"{weights[0]:.1f} {weights[1]:+.1f} t {weights[2]:+.1f} t²  (true: 2 +20 t −4.9 t²)", fontsize=9)
plt.tight_layout()

# %% [markdown]
# *Further reading:* Trefethen and Bau, *Numerical Linear Algebra* (1997), whose lectures on Gram–Schmidt, least squares, pivoting and
# conditioning are a few pages each; *Mathematics for Machine Learning*, section 3.8 (orthogonal projections).
#
# ## 4 · Bowls and saddles
#
# Near its lowest point every smooth loss looks like a **quadratic form**, $x^\top A x$ with a symmetric matrix $A$.
# (Only the symmetric half counts: any square matrix is $\frac12(A + A^\top) + \frac12(A - A^\top)$, and the second,
# antisymmetric half always gives zero.) Whether you stand at the bottom of a bowl or on a saddle is decided by the
# signs that the form can take. **Predict** for each picture whether a ball would stay at the centre.

# %%
forms = {
    "positive definite": [[2.0, 0.6], [0.6, 1.0]],
    "positive semidefinite": [[1.0, 1.0], [1.0, 1.0]],
    "indefinite": [[1.0, 0.5], [0.5, -1.0]],
    "negative definite": [[-2.0, 0.0], [0.0, -1.0]],
}
across = torch.linspace(-1, 1, 60)
points = torch.cartesian_prod(across, across)
figure, axes = plt.subplots(1, 4, figsize=(11, 2.8), subplot_kw={"projection": "3d"})
for axis, (name, matrix) in zip(axes, forms.items(), strict=True):
    values = ((points @ torch.tensor(matrix)) * points).sum(dim=1)
    axis.plot_surface(*(side.reshape(60, 60).numpy() for side in (*points.T, values)), cmap="coolwarm")
    axis.set_title(name, fontsize=9)
    axis.set(xticks=[], yticks=[], zticks=[0])
figure.tight_layout()

# %% [markdown]
# | $x^\top A x$ for all $x \ne 0$ | name | eigenvalues |
# |---|---|---|
# | always > 0 | positive definite | all > 0 |
# | always ≥ 0, sometimes 0 | positive semidefinite | all ≥ 0, some 0 |
# | always < 0 | negative definite | all < 0 |
# | always ≤ 0, sometimes 0 | negative semidefinite | all ≤ 0, some 0 |
# | both signs | indefinite | both signs |
#
# An **eigenvalue** of $A$ is a number $\lambda$ with $A v = \lambda v$ for some arrow $v \ne 0$: along that arrow the
# form has the sign of $\lambda$, and a symmetric matrix has $n$ such arrows at right angles, enough to decide about all
# others (the **spectral theorem**). More of them in section 5. (In books "semidefinite" includes "definite". Here the
# function names the sharpest word that fits.)
#
# ### Exercise: bowl or saddle?
# difficulty 3/5 · 8 minutes · cards: quadratic-form, definite, negative-definite, indefinite, definite-rank
#
# Write the quadratic form, and a function that names the kind of a symmetric matrix by one of the five names in the
# table. An eigenvalue whose size is at most `tiny` counts as zero, and at least one is larger than that.
# `torch.linalg.eigvalsh(a)` returns the eigenvalues of a symmetric matrix, smallest first.


# %% solution="definiteness" promises="leaves-inputs"
def quadratic(a: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """The value of the quadratic form of a (n, n) at x (n,)."""
    ### BEGIN SOLUTION
    return x @ a @ x
    ### END SOLUTION


def definiteness(a: torch.Tensor, tiny: float) -> str:
    """Which of the five kinds a symmetric matrix (n, n) is, for example "negative semidefinite"."""
    ### BEGIN SOLUTION
    values = torch.linalg.eigvalsh(a)
    positive, negative = (values > tiny).any(), (values < -tiny).any()
    if positive and negative:
        return "indefinite"
    strength = "semidefinite" if (values.abs() <= tiny).any() else "definite"
    return f"positive {strength}" if positive else f"negative {strength}"
    ### END SOLUTION


# %% tests="definiteness" points=5
def examples(rng):
    yield checks.example(quadratic, {"a": rng.tensor(3, 3), "x": rng.tensor(3)})
    root = rng.tensor(3, 3)
    yield checks.example(definiteness, {"a": root + root.T, "tiny": 1e-3})


with checks.check("a form by hand", hint="x, matrix, x: what is 1·1·1 + 2·1·2 + 1·1·3 + 2·1·1?"):
    checks.close(quadratic(torch.tensor([[1.0, 3.0], [1.0, 1.0]]), torch.tensor([1.0, 2.0])), 13.0)
with checks.check("two kinds with nothing but a diagonal", hint="look at the signs of the eigenvalues"):
    checks.equal(definiteness(torch.diag(torch.tensor([1.0, 2.0])), 1e-3), "positive definite")
    checks.equal(definiteness(torch.diag(torch.tensor([1.0, -2.0])), 1e-3), "indefinite")
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("any quadratic form", hint="a number for every pair of entries of x"):
    n = rng.integer(3, 5)
    a, x = rng.tensor(n, n), rng.tensor(n)
    slow = sum(a[i, j].item() * x[i].item() * x[j].item() for i in range(n) for j in range(n))
    for sign in (1, -1):  # a form of either sign
        checks.close(quadratic(sign * a, x), sign * slow, rtol=1e-3, atol=1e-3)
        checks.close(quadratic(sign * a, 30 * x), sign * slow * 900, rtol=1e-3, atol=1)
with checks.check("all five kinds, turned", hint="which signs do the eigenvalues have that are not tiny?"):
    kinds = {
        "positive definite": [0.3, 1.0, 2.0],
        "positive semidefinite": [0.0, 1.0, 2.0],
        "negative definite": [-2.0, -1.0, -0.3],
        "negative semidefinite": [-2.0, -1.0, 0.0],
        "indefinite": [-2.0, 0.0, 0.3],
    }
    for kind, values in kinds.items():
        q = torch.linalg.qr(rng.tensor(3, 3)).Q
        a = q @ torch.diag(torch.tensor(values)) @ q.T
        checks.equal(definiteness((a + a.T) / 2, 0.01), kind)
        checks.equal(definiteness((a + a.T) / 2, 0.5), kind.replace(" definite", " semidefinite").replace(
            "indefinite", "negative semidefinite"))  # fmt: skip
    for values, kind in (  # the zeros may stand first, and be many
        ([0.0, 0.0, -1.0], "negative semidefinite"),
        ([0.0, -1.0], "negative semidefinite"),
        ([0.0, 0.0, 0.0, 2.0, 0.0], "positive semidefinite"),
        ([0.0, 1.0, 0.0, -1.0], "indefinite"),
        ([-1.0] * 8, "negative definite"),
        ([1.0] * 7 + [-1.0], "indefinite"),
    ):
        checks.equal(definiteness(torch.diag(torch.tensor(values)), 0.01), kind)
with checks.check("an eigenvalue of exactly tiny counts as zero", hint="at most tiny: the border belongs to zero"):
    for values, kind in (([0.5, 2], "positive"), ([-0.5, 2], "positive"), ([0.5, -2], "negative")):
        checks.equal(definiteness(torch.diag(torch.tensor(values)), 0.5), f"{kind} semidefinite")
    for value, kind in ((0.6, "positive"), (-0.6, "negative")):
        checks.equal(definiteness(torch.tensor([[value]]), 0.5), f"{kind} definite")
    for tiny in (0.01, 1.0, 100.0):  # a size, and no share of the largest eigenvalue
        checks.equal(definiteness(torch.diag(torch.tensor([5 * tiny, 2000 * tiny])), tiny), "positive definite")
        checks.equal(definiteness(torch.diag(torch.tensor([-2 * tiny, 0.5 * tiny])), tiny), "negative semidefinite")
### END HIDDEN TESTS

# %% [markdown]
# A positive definite matrix has a square root of a kind: a lower triangular $L$ with $L L^\top = A$, the **Cholesky
# factorisation**. It is the cheapest way to solve normal equations, the usual test for positive definiteness (on any
# other matrix it meets the square root of a negative number), and it gives random numbers any covariance that you
# like. (The **covariance** of two numbers is the mean of the product of their distances from their means; a matrix holds it
# for every pair.) If the entries of $z$ are independent with variance 1, then $L z$ has covariance $L L^\top = A$.
#
# ### Exercise: the root of a matrix
# difficulty 3/5 · 8 minutes · cards: cholesky
#
# Fill the blanks, column by column. Entry $(i, j)$ of $L L^\top$ is the dot product of rows $i$ and $j$ of $L$. Up to
# column $j$ all but the last part of that is known already: take it away, and what is left determines the new entry.


# %% solution="cholesky" promises="leaves-inputs, tensor, any-float, by-hand(cholesky)"
def cholesky(a: torch.Tensor) -> torch.Tensor:
    """The lower triangular L (n, n) with positive diagonal and L @ L.T = a, for a positive definite a."""
    low = torch.zeros_like(a)
    for j in range(len(a)):
        known = low[j:, :j] @ low[j, :j]  # ? low[j, :j]
        left = a[j:, j] - known  # ? a[j:, j] | known
        low[j:, j] = left / left[0].sqrt()  # ? left[0].sqrt()
    return low


# %% tests="cholesky" points=3
def examples(rng):
    root = rng.tensor(3, 3).tril(-1) + torch.diag(rng.tensor(3, low=1, high=2))
    yield checks.example(cholesky, {"a": root @ root.T})


with checks.check("two by two", hint="the first entry is a root; the one below times that root is the entry of a"):
    checks.close(cholesky(torch.tensor([[4.0, 2.0], [2.0, 10.0]])), [[2.0, 0.0], [1.0, 3.0]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("any positive definite matrix", points=2, hint="what part of the dot product is known already?"):
    for n in (3, rng.integer(4, 6), 6):  # over 20,000 draws rounding used up less than 1 % of the tolerance
        diagonal = rng.tensor(n, low=0.7, high=2)
        root = 0.5 * rng.tensor(n, n).tril(-1) + torch.diag(diagonal)
        root[1:, :-1].diagonal().copy_(torch.tensor([1.5, -1.5] * 3)[: n - 1] * diagonal[:-1])  # larger than the root
        for size in (1.0, 0.03, 30.0):  # variances far below one and far above it
            checks.close(cholesky(size**2 * (root @ root.T)), size * root, rtol=1e-3, atol=1e-3 * size)
    checks.close(cholesky(torch.tensor([[0.25]])), [[0.5]], rtol=1e-4)
### END HIDDEN TESTS

# %% [markdown]
# **Predict** the slope of the cloud below: its covariance is to be 2 and 1 on the diagonal, and −1.2 beside it.

# %%
wanted = torch.tensor([[2.0, -1.2], [-1.2, 1.0]])
cloud = cholesky(wanted) @ torch.randn(2, 3000, generator=generator)
plt.figure(figsize=(3.2, 3.2))
plt.scatter(*cloud, s=2)
plt.axis("equal")
print("covariance of the cloud:", torch.cov(cloud), sep="\n")

# %% [markdown]
# **Now you can** make a basis with right angles, solve a system or come as near as one can, and say what shape a
# quadratic form has.
