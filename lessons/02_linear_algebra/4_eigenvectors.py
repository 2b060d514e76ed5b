# %% [markdown]
# ## 5 · Arrows that keep their direction
#
# **In this part you will** find eigenvalues by a formula and by multiplying again and again, write a picture with fewer
# numbers, and see what a matrix can reach and what it is blind to.
#
# Most arrows change their direction when a matrix acts on them. A few do not: they only become longer or shorter, or
# flip. Such an arrow is an **eigenvector**, and the factor is its **eigenvalue**: $A v = \lambda v$. Below, 24
# arrows of length one in grey; a blue line leads from each tip to where the matrix moves it. **Predict** which
# directions stay on their line.

# %%
stretch = torch.tensor([[2.0, 1.0], [1.0, 2.0]])
figure, axis = plt.subplots(figsize=(4, 4))
for step in range(24):
    one = torch.tensor([math.cos(step * math.pi / 12), math.sin(step * math.pi / 12)])
    axis.plot(*torch.stack([one, stretch @ one], dim=1), color="tab:blue", linewidth=0.8)
    axis.plot(*torch.stack([0 * one, one], dim=1), color="lightgrey")
axis.set(aspect="equal", title="two directions keep their line")
figure.tight_layout()

# %% [markdown]
# For two by two there is a quick way to the eigenvalues without solving $\det(A - \lambda I) = 0$ each time. Their sum
# is the trace (so their mean $m$ is half of it), their product is the determinant $p$, hence
#
# $$\lambda = m \pm \sqrt{m^2 - p}$$
#
# In general too the eigenvalues add up to the trace and multiply to the determinant. And if there are $n$ independent
# eigenvectors, they are the best basis for this matrix: in it, the matrix is **diagonal**. With the eigenvectors as
# columns of $V$ and the eigenvalues on the diagonal of $D$, $A = V D V^{-1}$. So $A^{100}$, a hundred matrix products,
# becomes the hundredth power of a few numbers: $V D^{100} V^{-1}$.
#
# ### Exercise: eigenvalues, and what they are good for
# difficulty 3/5 · 10 minutes · cards: eigenvector, eigen-trace-det, characteristic, eigen-two, diagonalise
#
# Fill the blanks. `k` is a whole number, 0 or more, and the power 0 of any matrix is the identity. (A turn has no real
# eigenvectors, and torch therefore returns complex numbers. In the product the imaginary parts cancel, so only the real
# part is returned.)


# %% solution="eigen_powers" promises="leaves-inputs, tensors(eigenvalues_2x2), tensor(power), by-hand(matrix_power)"
def eigenvalues_2x2(a: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The larger and the smaller eigenvalue of a (2, 2) matrix whose eigenvalues are real and not the same."""
    mean = (a[0, 0] + a[1, 1]) / 2  # ? a[1, 1] | 2
    product = a[0, 0] * a[1, 1] - a[0, 1] * a[1, 0]  # ? a[0, 1] * a[1, 0]
    spread = (mean**2 - product).sqrt()  # ? mean**2 - product
    return mean + spread, mean - spread


def power(a: torch.Tensor, k: int) -> torch.Tensor:
    """The k-th power of a matrix (n, n) with n independent eigenvectors."""
    values, vectors = torch.linalg.eig(a)
    powers = torch.diag(values**k)  # ? diag | values**k
    return (vectors @ powers @ torch.linalg.inv(vectors)).real  # ? inv(vectors)


# %% [markdown] explains="eigen_powers"
# The two eigenvalues have the sum `a[0, 0] + a[1, 1]` (the trace) and the product `a[0, 0] * a[1, 1] - a[0, 1] * a[1, 0]` (the
# determinant). Two numbers with a known mean $m$ lie at $m + s$ and $m - s$, and their product is $m^2 - s^2$. So
# $s = \sqrt{m^2 - \text{product}}$, and the characteristic polynomial need not be written down.
#
# In the basis of its eigenvectors a matrix only stretches: $A = V \Lambda V^{-1}$. Multiply that by itself and the inner
# $V^{-1} V$ vanish, so $A^k = V \Lambda^k V^{-1}$, where only numbers are raised to a power. The inverse stands on the right,
# since a vector is first read in the basis of eigenvectors and made ordinary again at the end. For $k = 0$ what remains is
# $V V^{-1}$, the identity, as it must be.


# %% tests="eigen_powers" points=4
def examples(rng):
    yield checks.example(
        eigenvalues_2x2, {"a": torch.tensor([[2.0, 1.0], [1.0, -1.0]]) + 0.1 * rng.tensor(2, 2)}, of="eigenvalues_2x2"
    )
    yield checks.example(power, {"a": rng.tensor(3, 3), "k": 3}, of="power")


with checks.check("the stretch of the picture: 3 and 1", hint="half the trace, and the determinant"):
    checks.close(eigenvalues_2x2(torch.tensor([[2.0, 1.0], [1.0, 2.0]])), [3.0, 1.0])
with checks.check("the fifth power of a diagonal matrix", hint="where do the powers stand, and what turns V back?"):
    checks.close(power(torch.diag(torch.tensor([2.0, -1.0])), 5), [[32.0, 0.0], [0.0, -1.0]], rtol=1e-4)
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("real eigenvalues of any two by two matrix", hint="mean plus and minus a root"):
    skew = torch.tensor([[1.0, rng.uniform(-0.7, 0.7)], [rng.uniform(-0.7, 0.7), rng.uniform(0.8, 1.2)]])
    for larger, smaller in ((2.5, -1), (1, -2.5), (3, 1), (-1, -3)):  # each sign, and the larger one of either size
        values = torch.tensor([larger + rng.uniform(-0.4, 0.4), smaller + rng.uniform(-0.4, 0.4)])
        checks.close(eigenvalues_2x2(skew @ torch.diag(values) @ torch.linalg.inv(skew)), values, rtol=1e-3, atol=1e-3)
with checks.check("powers of matrices that are not symmetric, and of turns", hint="is the inverse of V its transpose?"):
    left, right = (torch.linalg.qr(rng.tensor(3, 3)).Q for _ in range(2))
    skew = left @ torch.diag(rng.tensor(3, low=0.7, high=1.5)) @ right
    a = skew @ torch.diag(torch.tensor([-0.6, 0.8, 1.2])) @ torch.linalg.inv(skew)
    angle, k = rng.uniform(0.3, 1), rng.integer(5, 9)
    for exponent in (0, 1, 2, k, 29):
        checks.close(power(a, exponent), torch.linalg.matrix_power(a.double(), exponent), rtol=1e-3, atol=2e-3)
    turn, turned = ([[math.cos(by), -math.sin(by)], [math.sin(by), math.cos(by)]] for by in (angle, k * angle))
    checks.close(power(torch.tensor(turn), k), turned, rtol=1e-3, atol=1e-3)
    skew, inverse = torch.tensor([[2.0, 0.0], [0.5, 1.0]]), torch.tensor([[0.5, 0.0], [-0.25, 1.0]])
    right = skew @ torch.tensor(turned) @ inverse  # a turn along an ellipse
    checks.close(power(skew @ torch.tensor(turn) @ inverse, k), right, rtol=1e-3, atol=1e-3)
### END HIDDEN TESTS

# %% [markdown]
# Rabbits: each month's number of pairs is the sum of the two months before. As a matrix, (this month, last month)
# becomes (next month, this month). **Predict** by about what factor the rabbits grow in a month.

# %%
rabbits = torch.tensor([[1.0, 1.0], [1.0, 0.0]])
print("eigenvalues:", *eigenvalues_2x2(rabbits))
print(f"rabbits in month 20: {power(rabbits, 19)[0, 0]:.0f}")  # 6765

# %% [markdown]
# What if a matrix has a million rows? Multiply any arrow by it again and again. Each time, the part along the
# strongest eigenvector grows by more than all the others, until it is all that you see. Keep the length at 1, so that
# nothing overflows. That is **power iteration**, and something close to it ranked the pages of the early web. Two
# things must hold: one eigenvalue has to be larger in size than all the others, $|\lambda_1| > |\lambda_2|$, and the
# start must contain a little of its eigenvector. (A swap of two axes has the eigenvalues 1 and −1, and $(1, 0)$ jumps
# about for ever.) The error shrinks by the factor $|\lambda_2 / \lambda_1|$ a step.

# %%
figure, axes = plt.subplots(1, 4, figsize=(10, 2.6))
arrow = torch.tensor([-0.9, 0.3])
for step, axis in enumerate(axes):
    arrows(axis, [arrow], limit=1.2)
    axis.set_title(f"after {step} steps", fontsize=9)
    arrow = stretch @ arrow
    arrow = arrow / arrow.norm()
figure.tight_layout()

# %% [markdown]
# ### Exercise: power iteration
# difficulty 2/5 · 8 minutes · cards: power-iteration
#
# Multiply `start` by `a` exactly `steps` times (at least once), and scale to length 1 after every step. Then estimate
# the eigenvalue by the quadratic form of the unit vector, $v^\top A v$, its **Rayleigh quotient**. (Why is that an
# eigenvalue, if $A v = \lambda v$?)


# %% solution="power_iteration" promises="leaves-inputs, tensors, by-hand(eig)"
def power_iteration(a: torch.Tensor, start: torch.Tensor, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The estimated eigenvalue, and the unit vector after `steps` steps, for a (n, n) and start (n,)."""
    ### BEGIN SOLUTION
    vector = start
    for _ in range(steps):
        vector = a @ vector
        vector = vector / vector.norm()
    return vector @ a @ vector, vector
    ### END SOLUTION


# %% [markdown] explains="power_iteration"
# Write `start` as a mix of eigenvectors. Each step multiplies each share by its eigenvalue, so the share with the eigenvalue of
# largest size outgrows all others: after $k$ steps the second one has lost a factor of $|\lambda_2 / \lambda_1|^k$. Scaling
# after every step changes no direction. It keeps the numbers from growing beyond what a float can hold, or vanishing.
#
# If $A v = \lambda v$ and $v$ has length 1, then $v^\top A v = \lambda\, v^\top v = \lambda$. The length of $A v$ would be
# $|\lambda|$: it has no sign, and a matrix may well have −3 as its strongest eigenvalue.


# %% tests="power_iteration" points=4
def examples(rng):
    yield checks.example(power_iteration, {"a": rng.tensor(4, 4), "start": rng.tensor(4), "steps": 3})


with checks.check("one step from 1, 0", hint="multiply, then scale to length 1"):
    checks.close(power_iteration(torch.tensor([[3.0, 1.0], [4.0, 2.0]]), torch.tensor([1.0, 0.0]), 1)[1], [0.6, 0.8])
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check(
    "vector and form after exactly as many steps as asked for", hint="count the products; which vector is the last?"
):
    a, start = rng.tensor(4, 4), rng.tensor(4)
    for steps in (1, 2, rng.integer(3, 4)):
        far = torch.linalg.matrix_power(a.double(), steps) @ start.double()
        unit = far / far.norm()
        for sign in (1, -1):
            value, vector = power_iteration(a, sign * start, steps)
            checks.close(vector, sign * unit, rtol=1e-3, atol=1e-3)
            checks.close(value, unit @ a.double() @ unit, rtol=1e-3, atol=2e-3, what="the form at the last vector")
    slow, far = torch.diag(torch.tensor([1.0, 0.9])), torch.tensor([1e-6, 1.0])  # the first steps hardly move it
    for steps in (120, 160):
        unit = torch.tensor([1e-6, 0.9**steps]) / math.hypot(1e-6, 0.9**steps)
        checks.close(power_iteration(slow, far, steps)[1], unit, rtol=1e-3, atol=1e-3)
q = torch.linalg.qr(rng.tensor(4, 4)).Q
with checks.check("the strongest eigenvector, also with a negative eigenvalue", hint="v · A v keeps the sign"):
    for strongest in (rng.uniform(2, 3), -rng.uniform(2, 3)):
        a = q @ torch.diag(torch.tensor([0.5, strongest, -1.0, 1.0])) @ q.T
        value, vector = power_iteration(a, q.sum(dim=1), 40)
        checks.close(value, strongest, rtol=1e-3)
        checks.close(vector, q[:, 1], rtol=1e-2, atol=1e-3)
with checks.check("many steps neither overflow nor vanish", hint="scale after every step, not at the end"):
    for factor in (1e4, 1e-4):
        value, vector = power_iteration(factor * torch.eye(3), torch.tensor([1.0, 2.0, 2.0]), 120)
        checks.close(value, factor, rtol=1e-3)
        checks.close(vector, [1 / 3, 2 / 3, 2 / 3], rtol=1e-3)
### END HIDDEN TESTS

# %% [markdown]
# *Further reading:* *Mathematics for Machine Learning*, sections 4.2 to 4.4; Trefethen and Bau on eigenvalues; Page, Brin, Motwani,
# Winograd, "The PageRank Citation Ranking: Bringing Order to the Web" (1998), for power iteration on a whole web.
#
# ## 6 · Every matrix turns, stretches and turns
#
# Eigenvectors need a square matrix, and even then there may be too few. What works for *every* matrix, square or not,
# is the **singular value decomposition**
#
# $$A = U \Sigma V^\top$$
#
# $V^\top$ turns (or mirrors), the diagonal $\Sigma$ stretches along the axes by the **singular values**
# $\sigma_1 \ge \sigma_2 \ge … \ge 0$, and $U$ turns again. Every circle becomes an ellipse, and the singular values are
# its half-axes. **Predict** which of the four pictures show equal sizes.

# %%
skew = torch.tensor([[1.5, 1.0], [0.2, 1.2]])
u, s, vh = torch.linalg.svd(skew)
stages = {"circle": torch.eye(2), "turned by Vᵀ": vh, "stretched by Σ": torch.diag(s) @ vh, "turned by U": skew}
marks = torch.eye(2)
figure, axes = plt.subplots(1, 4, figsize=(11, 2.8))
for axis, (name, matrix) in zip(axes, stages.items(), strict=True):
    axis.plot(*(matrix @ circle))
    arrows(axis, [*(matrix @ vh.T).T], ["v1", "v2"], limit=2.4)
    axis.set_title(name, fontsize=9)
figure.tight_layout()
print("singular values", s, "determinant", torch.linalg.det(skew))

# %% [markdown]
# The largest singular value is the most by which the matrix can stretch any arrow: the **spectral norm** of the matrix.
# For square ones the product of all is the size of the determinant.
#
# Now write the product differently: $A = \sigma_1 u_1 v_1^\top + \sigma_2 u_2 v_2^\top + …$, a sum of simple tables of
# rank one, the most important first. Stop the sum after $k$ terms and you have the best approximation of rank $k$ that
# exists (the **Eckart–Young theorem**). The error, as a Frobenius norm, is
# $\sqrt{\sigma_{k+1}^2 + \sigma_{k+2}^2 + …}$. A picture is a matrix too.
#
# ### Exercise: fewer numbers for a picture
# difficulty 2/5 · 8 minutes · cards: svd, svd-geometry, low-rank, spectral-norm
#
# Fill the blanks. `torch.linalg.svd` returns `u`, the singular values as a vector, and $V^\top$ (not $V$). `k` is at
# least 1 and at most the number of singular values. (With all of them the error is zero, up to rounding.)


# %% solution="low_rank" promises="leaves-inputs, tensors"
def low_rank(a: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The best approximation of rank k of a matrix, its error in the Frobenius norm, and the spectral norm of a."""
    u, s, vh = torch.linalg.svd(a)  # ? linalg.svd
    approximation = u[:, :k] @ torch.diag(s[:k]) @ vh[:k]  # ? u[:, :k] | torch.diag(s[:k]) | vh[:k]
    error = s[k:].square().sum().sqrt()  # ? s[k:]
    spectral = s[0]  # ? s[0]
    return approximation, error, spectral


# %% [markdown] explains="low_rank"
# The SVD writes a matrix as a sum of simple ones: $A = \sum_i s_i\, u_i v_i^\top$, each of rank 1, sorted by strength. Keep
# the first $k$. In a product that means the first $k$ *columns* of $U$ and the first $k$ *rows* of $V^\top$, because that is
# where the $u_i$ and $v_i$ stand.
#
# The pieces are at right angles to each other, so Pythagoras holds for what was left out: its squared length is the sum of the
# squared $s_i$ from $k$ on. No difference of matrices has to be computed. The spectral norm asks for the largest stretch of any
# arrow, and that is $s_1$.


# %% tests="low_rank" points=4
def examples(rng):
    yield checks.example(low_rank, {"a": rng.tensor(4, 3), "k": 2})


with checks.check("a diagonal matrix of rank two, by rank one", hint="keep the largest singular value, drop the other"):
    approximation, error, spectral = low_rank(torch.diag(torch.tensor([3.0, -2.0])), 1)
    checks.close(approximation, [[3.0, 0.0], [0.0, 0.0]], atol=1e-4, what="approximation")
    checks.close(error, 2.0, rtol=1e-4, what="error")
    checks.close(spectral, 3.0, rtol=1e-4, what="spectral norm")
### BEGIN HIDDEN TESTS
rng = checks.rng()
u, v = torch.linalg.qr(rng.tensor(7, 5)).Q, torch.linalg.qr(rng.tensor(5, 5)).Q
s = torch.tensor([5.0, 3.0, 2.0, 1.2, 0.7]) * rng.uniform(0.5, 2)
tall, k = u @ torch.diag(s) @ v.T, rng.integer(2, 3)
with checks.check("tall and wide matrices", points=2, hint="k columns of u, k values, k rows of vh"):
    best = sum(s[j] * torch.outer(u[:, j], v[:, j]) for j in range(k))
    checks.close(low_rank(tall, k)[0], best, rtol=1e-3, atol=1e-3)
    checks.close(low_rank(tall.T, k)[0], best.T, rtol=1e-3, atol=1e-3)
    q = torch.linalg.qr(rng.tensor(5, 5)).Q
    square = q @ torch.diag(s) @ v.T  # not symmetric
    for size in (1, k, 5):
        best = q[:, :size] @ torch.diag(s[:size]) @ v[:, :size].T
        for scale in (1e-3, 1.0, 30.0):
            checks.close(low_rank(scale * square, size)[0], scale * best, rtol=1e-3, atol=1e-3 * scale)
    checks.close(low_rank(3 * v[:1], 1)[0], 3 * v[:1], rtol=1e-3, atol=1e-3)
with checks.check(
    "the error and the largest stretch",
    hint="what was left out makes the error; no arrow is stretched more than the spectral norm",
):
    _, error, spectral = low_rank(tall, k)
    checks.close(error, math.sqrt(sum(value**2 for value in s[k:].tolist())), rtol=1e-3, what="error")
    checks.close(spectral, s[0], rtol=1e-3, what="spectral norm")
    for size in (1, 4, 5):
        error = math.sqrt(sum(value**2 for value in s[size:].tolist()))
        checks.close(low_rank(-tall.T, size)[1], error, rtol=1e-3, atol=1e-4, what="error")
### END HIDDEN TESTS

# %% [markdown]
# A picture of 28 by 28 has 784 numbers; rank $k$ needs $k (28 + 28 + 1)$. **Predict** from which rank on you can read
# the digit. (Large language models are adapted by the same idea: LoRA leaves a weight matrix as it is and learns a
# *change* of rank 8 or so, two thin matrices in place of a huge one.)

# %%
ranks = (1, 2, 3, 5, 8, 12)
squeezed = [low_rank(three, k) for k in ranks]
titles = [f"rank {k}: {57 * k}\nerror {float(error):.1f}" for k, (_, error, _) in zip(ranks, squeezed, strict=True)]
show([three, *(picture.clamp(0, 1) for picture, _, _ in squeezed)], ["all 784 numbers", *titles], size=1.5)

# %% [markdown]
# The decomposition also tells what a matrix *cannot* see. The number of singular values that are not zero is the
# **rank**. The first columns of $U$, as many as the rank, are an orthonormal basis of the range. And the rows of
# $V^\top$ beyond the rank are sent to zero: they are an orthonormal basis of the **null space**, all $x$ with
# $A x = 0$ (for a map one also says *kernel*). Every row of $A$ stands at a right angle to it. Its dimension and the
# rank add up to the number of columns. (With the same two of $A^\top$ they are the four fundamental subspaces. Undo the
# three steps in reverse order, with $1/\sigma$ for each stretch $\sigma$ that is not zero and 0 for the others, and you
# have the **pseudo-inverse** $A^+ = V \Sigma^+ U^\top$: $A^+ y$ is the shortest of all best answers to $A x = y$.)
#
# ### Exercise: what a matrix can reach, and what it cannot see
# difficulty 3/5 · 10 minutes · cards: svd-rank, null-space, rank-nullity, row-operations
#
# Return the rank, an orthonormal basis of the range, and one of the null space, both as columns. Singular values that
# are at most `tiny` times the largest count as zero. When the null space holds only the zero vector, its basis is a
# matrix with no column, of shape (columns, 0); so is the basis of the range, (rows, 0), when the matrix is all zeros.


# %% solution="subspaces" promises="leaves-inputs, tensors"
def subspaces(a: torch.Tensor, tiny: float) -> tuple[int, torch.Tensor, torch.Tensor]:
    """The rank of a (rows, columns), a basis (rows, rank) of its range, and one (columns, n) of its null space."""
    ### BEGIN SOLUTION
    u, s, vh = torch.linalg.svd(a)
    rank = int((s > tiny * s[0]).sum())
    return rank, u[:, :rank], vh[rank:].T
    ### END SOLUTION


# %% [markdown] explains="subspaces"
# Read $A = U S V^\top$ from right to left. The rows of $V^\top$ say which directions $A$ tells apart, the singular values by
# how much each is stretched, the columns of $U$ where it goes. What is stretched by something that is not zero reaches the
# columns of $U$ before `rank`: they span the range. What is stretched by zero, or has no singular value at all because $A$ is
# wider than high, disappears: the remaining rows of $V^\top$ span the null space, and `.T` makes columns of them.
#
# So the two dimensions add up to the number of columns, without any counting of our own. The threshold is relative to
# the largest singular value, since a matrix in millimetres has the same rank as the one in metres. For a matrix of zeros
# `s > tiny * s[0]` reads 0 > 0, the rank is 0, and everything belongs to the null space.


# %% tests="subspaces" points=5
def examples(rng):
    yield checks.example(lambda a, tiny: subspaces(a, tiny)[1:], {"a": rng.tensor(4, 3), "tiny": 1e-3})


with checks.check(
    "a matrix that forgets the difference of two entries",
    hint="count with room for rounding; range: all a @ x; null space: x with a @ x = 0",
):
    rank, reach, unseen = subspaces(torch.tensor([[1.0, 1.0], [2.0, 2.0]]), 1e-3)
    checks.equal(rank, 1)
    reach, unseen = doubles(reach), doubles(unseen)
    checks.close(reach @ reach.T, [[0.2, 0.4], [0.4, 0.8]], rtol=1e-3, what="range, basis @ basis.T")
    checks.close(unseen @ unseen.T, [[0.5, -0.5], [-0.5, 0.5]], rtol=1e-3, what="null space, basis @ basis.T")
### BEGIN HIDDEN TESTS
rng = checks.rng()
u, v = torch.linalg.qr(rng.tensor(6, 6)).Q, torch.linalg.qr(rng.tensor(4, 4)).Q
tall = u[:, :3] @ torch.diag(rng.tensor(3, low=1, high=3)) @ v[:, :3].T
# Its first three columns have rank one.
early = torch.stack([0 * u[:, 0], u[:, 0], -2 * u[:, 0], u[:, 1] + u[:, 0]], dim=1)
unseen_early = torch.tensor([[1.0, 0.0], [0.0, 2 / 5**0.5], [0.0, 1 / 5**0.5], [0.0, 0.0]])
with checks.check("ranks of tall, wide and invertible matrices", hint="how many singular values are not zero?"):
    checks.equal([subspaces(a, 1e-3)[0] for a in (tall, tall.T, u)], [3, 3, 6])
with checks.check(
    "orthonormal bases of the range and of the null space", hint="columns of u, rows of vh: which, and how many?"
):
    weak = u[:, :4] @ torch.diag(torch.tensor([4.0, 2.0, 1.0, 0.3])) @ v.T
    square = torch.linalg.qr(rng.tensor(4, 4)).Q @ torch.diag(torch.tensor([3.0, 2.0, 0.0, 0.0])) @ v.T
    reached = torch.linalg.qr(square @ v[:, :2]).Q
    seen_early = torch.linalg.qr(unseen_early, mode="complete").Q[:, 2:]
    for a, tiny, reach, unseen in (
        (tall, 1e-3, u[:, :3], v[:, 3:]),
        (tall.T, 1e-3, v[:, :3], u[:, 3:]),
        (early, 1e-3, u[:, :2], unseen_early),
        (early.T, 1e-3, seen_early, u[:, 2:]),
        (square, 1e-3, reached, v[:, 2:]),
        (u[:, :1].T, 0.1, torch.ones(1, 1), u[:, 1:]),
        (weak, 0.1, u[:, :3], v[:, 3:]),
        (weak, 0.01, u[:, :4], v[:, 4:]),
        (weak.T, 0.6, v[:, :1], u[:, 1:]),
    ):
        _, *bases = subspaces(a, tiny)
        for name, given, wanted in zip(("range", "null space"), map(doubles, bases), (reach, unseen), strict=True):
            checks.close(
                given.T @ given, torch.eye(wanted.shape[1]), rtol=1e-3, atol=1e-3, what=f"{name}, dot products"
            )
            checks.close(given @ given.T, wanted @ wanted.T, rtol=1e-3, atol=1e-3, what=f"{name}, basis @ basis.T")
with checks.check(
    "nothing but zeros, and nothing unseen", hint="the null space has as many dimensions as columns minus rank"
):
    rank, reach, unseen = subspaces(torch.zeros(2, 3), 1e-3)
    checks.equal(rank, 0)
    checks.shape(reach, 2, 0)
    checks.close(doubles(unseen) @ doubles(unseen).T, torch.eye(3), rtol=1e-3, atol=1e-3)
    checks.shape(subspaces(v, 1e-3)[2], 4, 0)
with checks.check("small singular values count as zero, small matrices do not", hint="compare with the largest one"):
    near = u[:, :4] @ torch.diag(torch.tensor([4.0, 2.0, 1.0, 0.3])) @ v.T
    checks.equal([subspaces(near * scale, 0.1)[0] for scale in (1.0, 1e-6, 1e6)], [3, 3, 3])
    even = u[:, :4] @ torch.diag(torch.tensor([1.0, 1.0, 1.0, 0.2])) @ v.T  # the largest counts, and not their sum
    checks.equal([subspaces(even, tiny)[0] for tiny in (0.1, 0.15, 0.3)], [4, 4, 3])
    checks.equal(subspaces(torch.diag(torch.tensor([4.0, 1.0])), 0.25)[0], 1)  # at most: the border counts as zero
### END HIDDEN TESTS

# %% [markdown]
# Try it on data: a thousand digits, shrunk to 14 by 14, as the rows of a matrix. **Predict** its rank. There are 196
# columns, but do the corners of the paper ever see ink?

# %%
shrunk = torch.nn.functional.avg_pool2d(digits.train_x[::4, None], 2).flatten(1)
rank, _, unseen = subspaces(shrunk, 1e-6)
blank = (shrunk == 0).all(dim=0)
print(f"rank {rank} of 196; {int(blank.sum())} pixels never have ink; null space of dimension {unseen.shape[1]}")

# %% [markdown]
# The null space is a little larger than the number of blank pixels. Some pixels at the edge have ink in so few of these
# pictures that their columns are mixes of each other.
#
# **Now you can** take a matrix apart, by eigenvectors where it has enough of them and by singular values always, and
# keep the parts that count.
#
# *Further reading:* *Mathematics for Machine Learning*, sections 4.5 and 4.6; Eckart and Young, "The approximation of
# one matrix by another of lower rank" (1936); Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models" (2021),
# arXiv 2106.09685.
