# %% [markdown]
# ## 7 · The directions in which digits differ
#
# **In this part you will** rebuild digits from a few numbers each, find out how many of them linear algebra reads, and
# mend a search for eigenvectors.
#
# Think of every picture as a point in a space of 784 dimensions. The cloud of all points is not a ball: it is long in
# some directions and flat in most. **Principal component analysis** (PCA) finds the long ones.
#
# - Put the centre of the cloud at the origin: subtract the mean picture.
# - The **covariance matrix** $C = \frac{1}{n-1} X^\top X$ holds for every pair of pixels how they vary together. The
#   variance in the direction of a unit vector $v$ is the quadratic form $v^\top C v$.
# - It is largest for the eigenvector of the largest eigenvalue, and the eigenvalue *is* that variance. The next best
#   direction at a right angle is the next eigenvector, and so on. $C$ is symmetric, so they all are at right angles.
#
# ### Exercise: PCA
# difficulty 4/5 · 12 minutes · cards: pca, covariance, centre-first
#
# `pca` returns the mean (features,), the first k components as rows (k, features), and the variance along each (k,),
# largest first; `k` is at most `n - 1` and at most the number of features. (Randomised routines such as
# `torch.pca_lowrank` are not exact enough here.) `rebuild` describes rows `x` by their shadows on the components, and
# makes rows of the old size from them again: subtract the mean, k numbers for each row, back, add the mean.
#
# hint: `torch.linalg.eigh` returns eigenvalues from small to large, and the eigenvectors as *columns*. `flip(0)` turns
# the order of rows.


# %% solution="pca" promises="leaves-inputs, tensors(pca), tensor(rebuild)"
def pca(x: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Mean, first k principal components (k, features) and their variances (k,), for rows x (n, features)."""
    ### BEGIN SOLUTION
    mean = x.mean(dim=0)
    centred = x - mean
    values, vectors = torch.linalg.eigh(centred.T @ centred / (len(x) - 1))
    return mean, vectors.T.flip(0)[:k], values.flip(0)[:k]
    ### END SOLUTION


def rebuild(x: torch.Tensor, mean: torch.Tensor, components: torch.Tensor) -> torch.Tensor:
    """The rows x (n, features), reconstructed from the mean and their components (k, features)."""
    ### BEGIN SOLUTION
    numbers = (x - mean) @ components.T
    return numbers @ components + mean
    ### END SOLUTION


# %% [markdown] explains="pca"
# The variance of the rows along a unit vector $v$ is $v^\top C v$, with the covariance matrix
# $C = X^\top X / (n - 1)$ of the *centred* rows. It is largest along the eigenvector of the largest eigenvalue, and its value there
# is that eigenvalue. Without centring, the first component would mostly point from the origin to the mean and say little of how
# the pictures differ from each other.
#
# `eigh` sorts from small to large and puts eigenvectors into columns. Hence the transpose, which makes rows of them, and `flip(0)`
# for both: values and vectors must be turned together, or each variance stands beside the wrong direction.
#
# To rebuild, find the coordinates first, which are dot products because the components are orthonormal: `(x - mean) @
# components.T`. Then mix the components with these numbers and put the mean back. With all components nothing is lost.


# %% tests="pca" points=6
def examples(rng):
    x = rng.tensor(12, 3) * torch.tensor([5.0, 2.0, 1.0])
    yield checks.example(lambda x: pca(x, 2)[::2], {"x": x}, of="pca")
    given = {"x": x, "mean": x.mean(dim=0), "components": torch.eye(3)[:2]}
    yield checks.example(rebuild, given, of="rebuild")


with checks.check(
    "four points on a sloping line", hint="subtract the mean; divide by n − 1; the line climbs two for each one"
):
    line = torch.tensor([[1.0, 1.0], [2.0, 3.0], [3.0, 5.0], [4.0, 7.0]])
    mean, components, variances = pca(line, 1)
    checks.close(mean, [2.5, 4.0], what="mean")
    checks.close(doubles(components)[0].abs(), [0.2**0.5, 0.8**0.5], rtol=1e-3, what="component, without sign")
    checks.close(variances, [25 / 3], rtol=1e-3, what="variances")
with checks.check(
    "a point comes back as its shadow", hint="subtract the mean, go to the components and back, add the mean"
):
    got = rebuild(torch.tensor([[3.0, 4.0]]), torch.tensor([1.0, 1.0]), torch.tensor([[0.0, 1.0]]))
    checks.close(got, [[1.0, 4.0]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
n, k = rng.integer(30, 40), rng.integer(2, 3)
noise = rng.tensor(n, 5)
spread = torch.linalg.qr(noise - noise.mean(dim=0)).Q * torch.tensor([20.0, 14.0, 9.0, 6.0, 3.0])
turn, centre = torch.linalg.qr(rng.tensor(5, 5)).Q, 5 * rng.tensor(5)
x = spread @ turn + centre
# Two hundred points near the origin, and then some that lie far out along one axis.
late = torch.cat([0.01 * rng.tensor(200, 5), 10 * torch.eye(5)[:1].repeat(40, 1) * torch.tensor([[1.0], [-1.0]] * 20)])
with checks.check("the mean of every feature", hint="which axis counts the rows?"):
    checks.close(pca(x, k)[0], centre, rtol=1e-3, atol=1e-3)
    checks.close(pca(late + torch.arange(240)[:, None], 1)[0], late.mean(0) + 119.5, rtol=1e-3, what="of many rows")
with checks.check("the variances, largest first", hint="the covariance of centred data, divided by n - 1"):
    wanted = torch.tensor([400.0, 196.0, 81.0])[:k] / (n - 1)
    checks.close(pca(x, k)[2], wanted, rtol=1e-3)
    checks.close(pca(0.01 * x, k)[2], 1e-4 * wanted, rtol=1e-3, atol=0)
    checks.close(pca(late, 1)[2], late.double().var(dim=0)[:1], rtol=1e-2, what="of many rows")
    wide, alike = rng.tensor(60, 30), torch.linspace(10, 8, 30)  # so near each other that a random guess is off
    alike_rows = torch.linalg.qr(wide - wide.mean(dim=0)).Q * alike
    checks.close(pca(alike_rows, 3)[2], alike[:3] ** 2 / 59, rtol=5e-3, what="of thirty features that vary alike")
with checks.check("the directions, as rows", hint="eigh returns the eigenvectors as columns"):
    components = pca(x, k)[1]
    checks.shape(components, k, 5)
    checks.close((doubles(components) @ turn[:k].T.double()).abs(), torch.eye(k), rtol=1e-3, atol=2e-3)
    few = torch.linalg.qr(noise[:4] - noise[:4].mean(dim=0)).Q[:, :3] * torch.tensor([9.0, 5.0, 2.0])
    for rows, most, wanted in (
        (x, 5, [400.0, 196.0, 81.0, 36.0, 9.0]),
        (few @ turn[:3] + centre, 3, [81.0, 25.0, 4.0]),
    ):
        _, components, variances = pca(rows, most)  # every feature, and fewer rows than features
        checks.close((doubles(components) @ turn[:most].T.double()).abs(), torch.eye(most), rtol=1e-3, atol=5e-3)
        checks.close(variances, torch.tensor(wanted) / (len(rows) - 1), rtol=5e-3)
with checks.check("rows rebuilt from a few numbers", hint="each row's shadow on the components, around the mean"):
    other = rng.tensor(6, 5)
    wanted = [centre + sum(((row - centre) @ axis) * axis for axis in turn[:k]) for row in other]
    checks.close(rebuild(other, centre, turn[:k]), wanted, rtol=1e-3, atol=1e-3)
    checks.close(rebuild(other, centre, turn), other, rtol=1e-3, atol=1e-3)
    checks.close(rebuild(other[:1], centre, turn[:k]), wanted[:1], rtol=1e-3, atol=1e-3)
    near = torch.tensor([0.2, -0.1, 0.1, 0.0, 0.3])
    checks.close(rebuild(other, near, turn[:k]), near + (other - near) @ turn[:k].T @ turn[:k], rtol=1e-3, atol=1e-3)
### END HIDDEN TESTS

# %% [markdown]
# Run it on the digits. **Predict** what the first component looks like as a picture: which pixels vary together when
# one person writes a 0 and another one a 1?

# %%
mean, components, variances = pca(flat, 784)
show([mean.reshape(28, 28)], ["the mean of all"], size=1.6)
figure, axes = plt.subplots(1, 8, figsize=(11, 1.7))
for place, axis in enumerate(axes):
    axis.imshow(components[place].reshape(28, 28), cmap="coolwarm", vmin=-0.15, vmax=0.15)
    axis.set_title(f"{variances[place] / variances.sum():.1%}", fontsize=9)
    axis.set_axis_off()

# %%
numbers = (flat - mean) @ components[:2].T
plt.figure(figsize=(5.5, 4.5))
plt.scatter(*numbers.T, c=digits.train_y, cmap="tab10", s=5)
plt.colorbar(label="digit")
plt.title("4,000 digits, two numbers each", fontsize=9)
plt.tight_layout()

# %% [markdown]
# Two numbers out of 784, no label used, and zeros (left or right, the sign is a matter of taste) already lie apart
# from ones. Now rebuild pictures that PCA has never seen. **Predict** how many numbers you need until you can read
# them.

# %%
unknown = digits.valid_x[::250].flatten(1)
stages = [rebuild(unknown, mean, components[:k]).reshape(-1, 28, 28) for k in (2, 10, 40, 150)]
pictures = [torch.cat([*stage]).clamp(0, 1) for stage in [unknown.reshape(-1, 28, 28), *stages]]
show(pictures, ["784 numbers", "2", "10", "40", "150"], size=2)

# %% [markdown]
# *Further reading:* *Mathematics for Machine Learning*, chapter 10; Shlens, "A Tutorial on Principal Component Analysis" (2014),
# arXiv 1404.1100.
#
# ## 8 · How far does linear algebra get?
#
# Nothing in this section learns by small steps. Everything is a shadow, a distance or a solved system.
#
# - *Nearest mean*: give a picture the class whose mean picture is nearest.
# - *Nearest neighbour*: give it the class of the most similar training picture, by all 784 numbers or by 40.
# - *Least squares*: solve for weights that map a picture to ten numbers, 1 for its class and 0 for the others. On raw
#   pixels this breaks (why? think of the pixels without ink), so it gets the first 100 components, and a column of
#   ones.


# %%
def called_right(answers):
    return (answers == digits.valid_y).float().mean().item()


check = digits.valid_x.flatten(1)
small, small_check = (flat - mean) @ components[:40].T, (check - mean) @ components[:40].T
means = torch.stack([flat[digits.train_y == digit].mean(dim=0) for digit in range(10)])
reached["nearest mean"] = called_right(torch.cdist(check, means).argmin(dim=1))
reached["nearest neighbour, 784 numbers"] = called_right(digits.train_y[torch.cdist(check, flat).argmin(dim=1)])
reached["nearest neighbour, 40 numbers"] = called_right(digits.train_y[torch.cdist(small_check, small).argmin(dim=1)])

# %%
table = torch.cat([(flat - mean) @ components[:100].T, torch.ones(len(flat), 1)], dim=1)
check_table = torch.cat([(check - mean) @ components[:100].T, torch.ones(len(check), 1)], dim=1)
weights, _ = least_squares(table, torch.nn.functional.one_hot(digits.train_y).float())
reached["least squares"] = called_right((check_table @ weights).argmax(dim=1))
share = variances.cumsum(0) / variances.sum()
needed = int((share < 0.95).sum()) + 1

# %% setup
published = {
    "nearest mean": "0.820   no page: measured for this course",
    "nearest neighbour, 784 numbers": "0.950 and 0.969   LeCun's MNIST page: K-NN, Euclidean, by two groups",
    "nearest neighbour, 40 numbers": "0.967   the same page: 40 components, quadratic classifier",
    "least squares": "0.880   the same page: linear classifier",
}

# %%
print(f"yours: {digits.name}, validated on {len(check):,}; the published ones: 60,000 to learn from, 10,000 to check")
print(f"{'share of digits read correctly':36}{'yours':>7}{'±':>7}   published, on full MNIST")
for method, theirs in published.items():
    p = reached.get(method, math.nan)
    print(f"{method:36}{p:7.3f}{math.sqrt(p * (1 - p) / len(check)):7.3f}   {theirs}")
theirs = "154   Géron, Hands-On Machine Learning, chapter 8"
print(f"{'components for 95 % of the variance':36}{needed:7}{'':7}   {theirs}")

# %% [markdown]
# The two columns do **not** come from the same data: yours are 4,000 pictures, the published ones 60,000. The column ±
# is one standard error, $\sqrt{p(1-p)/n}$. The linear classifier of the page was trained in another way than yours, and
# on all the pixels. So read the table as "in the same region", no more.
#
# *Within* your column the pictures are the same, and that is worth more than two columns of ±: the ± of two rows says
# how each would move with other pictures, but both move together. So compare **pairwise**, and count the pictures that
# only one of the two methods reads correctly.

# %%
whole = digits.train_y[torch.cdist(check, flat).argmin(dim=1)] == digits.valid_y
forty = digits.train_y[torch.cdist(small_check, small).argmin(dim=1)] == digits.valid_y
alone = int((whole & ~forty).sum()), int((forty & ~whole).sum())
print(f"read by all 784 numbers alone: {alone[0]} pictures; by 40 numbers alone: {alone[1]}")
print(
    f"difference {(alone[1] - alone[0]) / len(check):.3f}, one standard error {math.sqrt(sum(alone)) / len(check):.3f}"
)

# %% [markdown]
# *Further reading:* LeCun, Cortes, Burges, "The MNIST database of handwritten digits", whose page has the published column; Dietterich,
# "Approximate Statistical Tests for Comparing Supervised Classification Learning Algorithms" (1998), on McNemar's test,
# which is made from the same two counts as the pairwise comparison above.
#
# ## 9 · Find the bug, and say it in your own words
#
# ### Exercise: the same answer twice
# difficulty 3/5 · 12 minutes · cards: deflation, power-iteration
#
# To get the second strongest eigenvector, a colleague takes the first one out of the matrix, $A - \lambda v v^\top$,
# and starts power iteration again: **deflation**. On covariance matrices her function has never failed. But on the
# symmetric matrix with eigenvalues −3, 2 and 1 it returns the values 3, 6, 12 and the same vector three times. There
# is **one** mistake. Find it and repair it. (The function returns the values from the largest size down, here −3, 2, 1,
# and in row `i` of the vectors the one that belongs to value `i`, with either sign. No two values have the same size, and none of the k is zero. Exact values are as good as those
# of the iteration.)
#
# hint: Go through her function by hand with the 1 × 1 matrix (−3).


# %% solution="strongest" promises="leaves-inputs, sequence"
def strongest(a: torch.Tensor, start: torch.Tensor, k: int, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The k eigenvalues of largest size (k,), largest first, and their unit vectors (k, n), of a symmetric a (n, n)."""
    ### BEGIN SOLUTION
    #! values, vectors = [], []
    #! for _ in range(k):
    #!     vector = start
    #!     for _ in range(steps):
    #!         vector = a @ vector / (a @ vector).norm()
    #!     value = (a @ vector).norm()
    #!     a = a - value * torch.outer(vector, vector)
    #!     values.append(value)
    #!     vectors.append(vector)
    #! return torch.stack(values), torch.stack(vectors)
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
    ### END SOLUTION


# %% [markdown] explains="strongest"
# Take the matrix (−3), as the hint says. Its only eigenvector is 1, and $A v = -3$ has the length 3. So `(a @ vector).norm()` gives
# the *size* of the eigenvalue and loses its sign. Deflation then computes $-3 - 3 = -6$: instead of taking the
# strongest direction out it makes it stronger, and the next round finds the same vector with twice the size. On covariance
# matrices nobody noticed, because none of their eigenvalues is negative.
#
# The Rayleigh quotient `vector @ a @ vector` keeps the sign, and $-3 - (-3) = 0$ takes the direction out. One line changes.


# %% tests="strongest" points=4
def examples(rng):
    root = rng.tensor(3, 3)
    given = {"a": root + root.T, "start": rng.tensor(3), "k": 2, "steps": 5}
    yield checks.example(strongest, given)


with checks.check("a matrix that turns its strongest arrow round", hint="what does a length forget?"):
    values, _ = strongest(torch.diag(torch.tensor([2.0, -3.0, 1.0])), torch.ones(3), 2, 60)
    checks.close(values, [-3.0, 2.0], rtol=1e-3)
### BEGIN HIDDEN TESTS
rng = checks.rng()
q = torch.linalg.qr(rng.tensor(4, 4)).Q
sizes = torch.tensor([8.0, 4.0, 2.0, 1.0]) * rng.uniform(0.8, 1.2)
# Orthogonal columns with entries of one size; all but the last add up to 0.
even = torch.ones(4, 4) / 2
even[2:, 0] *= -1
even[1:3, 1] *= -1
even[1::2, 2] *= -1
odd = even @ torch.diag(torch.tensor([-8.0, 5.0, 3.2, 2.0])) @ even.T  # positive on its diagonal
with checks.check(
    "eigenvalues of any sign, in order of size",
    points=2,
    hint="what is the eigenvalue of the first vector after A − λ v vᵀ?",
):
    for signs in ([-1, 1, 1, 1], [1, -1, -1, 1], [-1, -1, 1, -1], [1, 1, 1, 1]):
        wanted = sizes * torch.tensor(signs)
        values, _ = strongest(q @ torch.diag(wanted) @ q.T, q.sum(dim=1), 3, 40)
        checks.close(values, wanted[:3], rtol=1e-2)
    for sign in (1, -1):
        values, _ = strongest(sign * odd, even.sum(dim=1), 4, 80)
        checks.close(values, sign * torch.tensor([-8.0, 5.0, 3.2, 2.0]), rtol=1e-2)
    checks.close(strongest(torch.tensor([[-3.0]]), torch.ones(1), 1, 3)[0], [-3.0])
with checks.check("eigenvectors, one for each", hint="the same arrow twice means that it is still in the matrix"):
    for signs in ([1, 1, 1, 1], [-1, 1, 1, 1], [1, -1, 1, -1]):
        _, vectors = strongest(q @ torch.diag(sizes * torch.tensor(signs)) @ q.T, q.sum(dim=1), 3, 40)
        checks.close((doubles(vectors) @ q[:, :3].double()).abs(), torch.eye(3), rtol=1e-2, atol=1e-2)
    values, vectors = strongest(-q @ torch.diag(sizes) @ q.T, 2 * q[:, 0], 1, 1)  # it starts where it should end
    checks.close(values, -sizes[:1], rtol=1e-3)
    checks.close((doubles(vectors) @ q[:, :1].double()).abs(), [[1.0]], rtol=1e-3)
    checks.close((doubles(strongest(odd, even.sum(dim=1), 1, 40)[1]) @ even[:, :1].double()).abs(), [[1.0]], rtol=1e-3)
### END HIDDEN TESTS

# %% [markdown]
# ### Six questions
# Two to five sentences each are enough. A sketch in words is welcome.

# %% [markdown] question="small_p" points=2
# **Is it a norm?** For $p = \frac12$ the formula of the $p$-norm can still be evaluated. Compute it for (1, 0), for
# (0, 1) and for their sum, and say which rule of a norm breaks. And why do people like $p = 1$ when they want many
# entries of a vector to become exactly zero? (Look at the picture of the unit curves.)
#
# ### BEGIN MARK SCHEME
# - 1 point: 1, 1 and (1 + 1)² = 4, and 4 > 1 + 1: the triangle inequality breaks.
# - 1 point: the unit curve of p = 1 has corners on the axes, and a corner is touched first when one pushes from
#   outside, so that solutions lie on axes (entries zero); the round curve of p = 2 has no preferred places.
# - Half an answer: "p = 1 gives zeros because it is not smooth" says nothing of where the corners lie: no second point.
# ### END MARK SCHEME

# %% [markdown] question="no_way_back" points=2
# **No way back.** A square matrix has determinant 0. Explain to somebody who saw only the first picture of this
# notebook why it can have no inverse. What do you know about its rank, its null space and its eigenvalues?
#
# ### BEGIN MARK SCHEME
# - 1 point: space is pressed flat (onto a line, a plane, a point); different arrows have the same image, so nothing
#   can tell which one it was.
# - 1 point: rank smaller than n; null space contains more than the zero vector; 0 is an eigenvalue. (Two of three are
#   enough.)
# - Half an answer: "because one would divide by zero in the formula" explains a formula and not the picture: no first
#   point.
# ### END MARK SCHEME

# %% [markdown] question="right_angles" points=2
# **Why right angles?** The columns of $Q$ are orthonormal, those of $B$ are independent and nothing more. For both: how
# do you find the coordinates of a vector, and the shadow of a vector on the span of the columns, and what is saved in
# the first case? Why do lengths survive a multiplication by a square $Q$?
#
# ### BEGIN MARK SCHEME
# - 1 point: Q: dot products with the columns, Qᵀx, and shadow QQᵀx; B: a system has to be solved, Bc = x or the normal
#   equations, shadow B(BᵀB)⁻¹Bᵀx. Saved: the inverse, because QᵀQ = I.
# - 1 point: |Qx|² = xᵀQᵀQx = xᵀx.
# - Half an answer: "because Q is a rotation" names an example of what is to be shown: no second point.
# ### END MARK SCHEME

# %% [markdown] question="broken_system" points=2
# **A system that cannot be solved.** Why do the normal equations fail on the raw pixels of our digits? Give two ways
# out. What is the rank of $A^\top A$ compared with that of $A$?
#
# ### BEGIN MARK SCHEME
# - 1 point: pixels without ink are columns of zeros (others are mixes of each other), so the columns are dependent and
#   AᵀA, which has the same rank as A, is singular.
# - 1 point: two of: leave such columns out; use principal components or another independent set; add a small multiple
#   of the identity (ridge); use the pseudo-inverse (SVD).
# - Half an answer: "the matrix is singular", without which columns depend on each other: no first point.
# ### END MARK SCHEME

# %% [markdown] question="eigen_or_singular" points=2
# **Eigenvalues or singular values?** Name a matrix whose eigenvalues and singular values differ (a turn by 90° will
# do: what are they?), and a kind of matrix for which they are the same. Which of the two exist for a matrix of 784 by
# 10, and what does the largest one tell you?
#
# ### BEGIN MARK SCHEME
# - 1 point: turn by 90°: singular values 1, 1, eigenvalues ±i (no real ones); the same for symmetric positive
#   semidefinite matrices (for symmetric ones up to the sign). Any other right example counts.
# - 1 point: only singular values exist for a matrix that is not square; the largest is the most by which it can
#   stretch an arrow (spectral norm).
# - Half an answer: "singular values are the roots of the eigenvalues" (of which matrix?) earns no point by itself.
# ### END MARK SCHEME

# %% [markdown] question="read_the_table" points=2
# **Read your table.** Is nearest neighbour better with 40 numbers than with 784? Use the pairwise count below your
# table, and say why the column ± alone would give another impression. Why is a comparison with the published column
# not fair, and in which direction would you expect 60,000 training pictures to move nearest neighbour?
#
# ### BEGIN MARK SCHEME
# - 1 point: from their own numbers, paired: pictures that only one method reads (about 12 against 25), a difference of
#   0.013 and a paired standard error of √(12 + 25)/1000 = 0.006, so about two standard errors: probably better, at the
#   border of chance. "Better" and "not certain" both count with this reason. The column ± is for pictures that are
#   drawn anew for each method (unpaired: about 0.01 for the difference), and here they are the same. Half a point for
#   an answer from overlapping ± alone; none for "0.963 is more than 0.950".
# - 1 point: other data, fewer of them and another validation set; more training pictures make the nearest one nearer,
#   so nearest neighbour should get better.
# ### END MARK SCHEME

# %% [markdown]
# ## What you have built
# Shadows, bases, determinants, elimination, least squares, eigenvectors, the SVD and PCA. All of it comes back. A
# linear layer is a matrix and a shift; attention is a table of dot products; the spread of singular values decides
# whether gradients vanish; and the covariance of the inputs decides how fast gradient descent can be. Lesson 05 walks
# along those gradients.
#
# **Now you can** rebuild a picture from a few directions, and say from the pictures on which two methods disagree
# whether one of them reads better.
#
# *Further reading:* PyTorch's documentation of `torch.linalg`, which says of each function what it assumes and which one to prefer.
