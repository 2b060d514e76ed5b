# %% [markdown]
# ## 14 · All parts together
#
# **In this part you will** assemble your engine, hold it against torch, paper and plain calls, train a digit reader with
# it that PyTorch cannot tell from its own, and mend a line that says the same to everybody.
#
# The table takes *your* backward functions; for `add`, `multiply` and `maximum`, which
# broadcast, your `unbroadcast` brings the slopes back to size.


# %%
def fitted(function):
    """The backward function, with slopes in the shapes of the inputs."""
    return lambda grad, out, x, y: tuple(
        unbroadcast(share, np.shape(one)) for share, one in zip(function(grad, out, x, y), (x, y), strict=True)
    )


back = {"multiply": fitted(multiply_back), "maximum": fitted(maximum_back), "log": log_back, "sum": sum_back}
back |= {"matmul": matmul_back, "getitem": getitem_back, "exp": lambda grad, out, x: (grad * out,)}
back["add"] = fitted(lambda grad, out, x, y: (grad, grad))


def walk_back(loss):
    """Your engine: an order, and a walk back through it."""
    backprop(loss, in_order(loss, lambda node: node.recipe.parents if node.recipe else []), back)


# %%
def net_loss(x, labels, w1, b1, w2, b2):
    """The mean loss of a two-layer network, out of nothing but steps of the engine."""
    hidden = step("maximum", Tensor(x) @ w1 + b1, 0.0)
    scores = hidden @ w2 + b2
    scores = scores - scores.array.max(axis=1, keepdims=True)  # a constant: no slope goes through it
    total = step("log", step("sum", step("exp", scores), axis=1, keepdims=False))
    right = scores[np.arange(len(labels)), labels]
    return step("sum", total - right, axis=None, keepdims=False) * (1 / len(labels))


def start(seed=0):
    generator = np.random.default_rng(seed)
    return [
        generator.normal(size=(784, 64)) * (2 / 784) ** 0.5,
        np.zeros(64),
        generator.normal(size=(64, 10)) * (2 / 64) ** 0.5,
        np.zeros(10),
    ]


# %% [markdown]
# The moment of truth: 50,890 slopes from your engine, from torch, from the paper of section 11, and three of them from
# two function calls each. **Predict** how many digits agree in each pair.

# %%
pictures, labels = digits.train_x[:50].flatten(1).double().numpy(), digits.train_y[:50].numpy()
mine = [Tensor(array, requires_grad=True) for array in start()]
walk_back(net_loss(pictures, labels, *mine))
theirs = [torch.tensor(array, requires_grad=True) for array in start()]
scores = F.relu(torch.tensor(pictures) @ theirs[0] + theirs[1]) @ theirs[2] + theirs[3]
F.cross_entropy(scores, torch.tensor(labels)).backward()
on_paper = two_layers(pictures, labels, *start())[1]


def far(these, those):
    return max(abs(one - other).max() for one, other in zip(these, those, strict=True))


grads = [one.grad for one in mine]
print(f"engine and torch: at most {far(grads, [one.grad.numpy() for one in theirs]):.0e} apart")
print(f"engine and paper: at most {far(grads, on_paper):.0e} apart, the largest slope is {abs(grads[0]).max():.2f}")
w1 = start()[0]
for row, column in ((300, 3), (400, 20), (350, 45)):
    moved = [w1 + h * (np.arange(784) == row)[:, None] * (np.arange(64) == column) for h in (1e-5, -1e-5)]
    above, below = (float(net_loss(pictures, labels, one, *start()[1:]).array) for one in moved)
    print(f"weight {row, column}: by two calls {(above - below) / 2e-5:.12f}, engine {grads[0][row, column]:.12f}")

# %% [markdown]
# *Further reading:* PyTorch's documentation of `torch.autograd.gradcheck`, which compares as you just did, and says why it
# wants float64.
#
# ## 15 · It learns
#
# Now train with it: all 4,000 digits, in batches of 100, by plain steps downhill. Beside it, torch trains the same
# network from the same start on the same batches. **Predict** how far the two losses will be apart after hundreds of
# steps, each of which builds on the last.

# %%
x, y = digits.train_x.flatten(1).double().numpy(), digits.train_y.numpy()
epochs, lr, order = device.budget(15), 0.2, np.random.default_rng(1)
weights, losses = [Tensor(array, requires_grad=True) for array in start()], []
batches = [batch for _ in range(epochs) for batch in order.permutation(4000).reshape(40, 100)]
began = time.perf_counter()
for batch in batches:
    loss = net_loss(x[batch], y[batch], *weights)
    walk_back(loss)
    for weight in weights:
        weight.array = weight.array - lr * weight.grad
        weight.grad = None
    losses.append(float(loss.array))
print(f"{len(batches)} steps of your engine took {time.perf_counter() - began:.1f} s")

# %%
theirs, their_losses = [torch.tensor(array, requires_grad=True) for array in start()], []
optimiser = torch.optim.SGD(theirs, lr=lr)
for batch in batches:
    scores = F.relu(torch.tensor(x[batch]) @ theirs[0] + theirs[1]) @ theirs[2] + theirs[3]
    loss = F.cross_entropy(scores, torch.tensor(y[batch]))
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    their_losses.append(loss.item())
figure, axes = plt.subplots(1, 2, figsize=(9, 2.8))
axes[0].plot(losses, label="your engine")
axes[0].plot(their_losses, "--", label="torch")
axes[0].set(xlabel="step", ylabel="loss")
axes[0].legend()
axes[1].semilogy(np.maximum(abs(np.subtract(losses, their_losses)), 1e-17), ".", markersize=3)
axes[1].set(xlabel="step", title="how far apart (0 is drawn at 10⁻¹⁷)")
figure.tight_layout()

# %%
valid = digits.valid_x.flatten(1).double().numpy()
says = lambda w1, b1, w2, b2: (np.maximum(valid @ w1 + b1, 0) @ w2 + b2).argmax(axis=1)
yours, torchs = says(*[one.array for one in weights]), says(*[one.detach().numpy() for one in theirs])
reached["your engine"] = float((yours == digits.valid_y.numpy()).mean())
reached["torch, same start"] = float((torchs == digits.valid_y.numpy()).mean())
published = {"your engine": "0.953   LeCun's MNIST page: 2-layer network, 300 hidden units, squared error"}
if device.budget(15) < 15:
    print("run by the grader, which trains only briefly")
print(f"{'digits read correctly':24}{'here':>7}{'±':>7}   published, 60,000 to learn from, 10,000 to check")
for name, share in reached.items():
    print(f"{name:24}{share:7.3f}{math.sqrt(share * (1 - share) / 1000):7.3f}   {published.get(name, '')}")
print(f"pictures on which the two disagree: {int((yours != torchs).sum())}")
show([weights[0].array[:, unit] for unit in range(8)], cmap="coolwarm", vmin=-0.25, vmax=0.25)

# %% [markdown]
# Two machines that share no line of code, and after hundreds of steps the losses still agree in about 15 digits, which is
# all that float64 has: what differs is the order in which numbers were added up. The pictures show what eight of the
# hidden units look for: your slopes have begun to carve them out of the random start.
#
# *Further reading:* Goldberg, "What Every Computer Scientist Should Know About Floating-Point Arithmetic" (1991).
#
# ## 16 · Find the bug, and say it in your own words
#
# ### Exercise: everybody is average
# difficulty 3/5 · 12 minutes · cards: broadcast-loss
#
# A colleague fits a line: from the ink in the four quarters of a picture to the ink of the whole. Nothing could be
# easier, the answer is the sum of the four. Her loss falls, no warning appears, and it settles. But whatever picture she
# asks about, the line says the same: the average. She has tried other learning rates, and more steps. There is **one**
# mistake. Find it and repair it. (`x` is (n, features), `y` (n,). Zeros are a good start: keep it, so that each step is
# the one that gradient descent takes on the mean squared error.)
#
# hint: Ask her code how many numbers it takes the mean of.


# %% solution="fit_line" promises="leaves-inputs, tensors, any-float, any-size(one feature)"
def fit_line(x: torch.Tensor, y: torch.Tensor, lr: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (features,) and bias () of the line after so many steps from zeros."""
    ### BEGIN SOLUTION
    #! w = torch.zeros(x.shape[1], 1, dtype=x.dtype, requires_grad=True)
    #! b = torch.zeros((), dtype=x.dtype, requires_grad=True)
    #! for _ in range(steps):
    #!     loss = ((x @ w + b - y) ** 2).mean()
    #!     loss.backward()
    #!     with torch.no_grad():
    #!         for parameter in (w, b):
    #!             parameter -= lr * parameter.grad
    #!             parameter.grad = None
    #! return w.detach().flatten(), b.detach()
    w = torch.zeros(x.shape[1], 1, dtype=x.dtype, requires_grad=True)
    b = torch.zeros((), dtype=x.dtype, requires_grad=True)
    for _ in range(steps):
        loss = (((x @ w + b).flatten() - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            for parameter in (w, b):
                parameter -= lr * parameter.grad
                parameter.grad = None
    return w.detach().flatten(), b.detach()
    ### END SOLUTION


# %% [markdown] explains="fit_line"
# `x @ w + b` has the shape (n, 1), `y` has (n,), and the difference is a table (n, n): every prediction against every
# answer. For one prediction $p$ the mean of $(p - y_j)^2$ over all j is smallest at the mean of `y`. So the best line
# says the mean to everybody. Gradient descent finds it faithfully: the loss falls, and nothing is wrong with the rate.
#
# `flatten` on the predictions, or `y[:, None]`, or weights of shape (features,) from the beginning: each gives n errors
# for n rows. Neither taking the diagonal of a sum nor a smaller rate would do. What would have found it in a minute is
# the question of the hint. A loss is a mean of as many numbers as there are rows; ask for `.shape` before `.mean()`.


# %% tests="fit_line" points=4
def examples(rng):
    yield checks.example(fit_line, {"x": rng.tensor(5, 2), "y": rng.tensor(5), "lr": 0.1, "steps": 3})
    one = {"x": torch.tensor([[1.0], [-1.0]]), "y": torch.tensor([1.0, -1.0]), "lr": 0.25, "steps": 1}
    yield checks.example(fit_line, one, size="one feature", right=([0.5], 0.0))


with checks.check("a line through two points", hint="what shape has the difference, for two rows?", points=1):
    w, b = fit_line(torch.tensor([[1.0], [-1.0]]), torch.tensor([2.0, 0.0]), 0.25, 60)
    checks.close(w, [1.0], rtol=1e-3, what="weight")
    checks.close(b, 1.0, rtol=1e-3, what="bias")
### BEGIN HIDDEN TESTS
rng = checks.rng()
cases = [
    (n, d, lr, steps)
    for n, d, lr, steps in ((6, 3, 0.1, 1), (6, 3, 0.05, 7), (1, 2, 0.1, 3), (4, 4, 0.02, 5), (3, 1, 0.1, 0))
]


def walked(x, y, lr, steps):
    """Weights and bias after so many steps, from the formula of the gradient."""
    x, y = x.double(), y.double()
    w, b = torch.zeros(x.shape[1], dtype=torch.float64), torch.zeros((), dtype=torch.float64)
    for _ in range(steps):
        error = x @ w + b - y
        w, b = w - lr * 2 * x.T @ error / len(x), b - lr * 2 * error.mean()
    return w, b


with checks.check("weights after any number of steps", points=2, hint="each row has one error, not n"):
    for n, d, lr, steps in cases:
        x, y = rng.tensor(n, d), rng.tensor(n) + 2
        got = fit_line(x, y, lr, steps)[0]
        checks.close(got, walked(x, y, lr, steps)[0], rtol=1e-3, atol=1e-4, what=f"{n} rows, {steps} steps")
with checks.check("biases after any number of steps", hint="each row has one error, not n"):
    for n, d, lr, steps in cases:
        x, y = rng.tensor(n, d), rng.tensor(n) + 2
        got = fit_line(x, y, lr, steps)[1]
        checks.close(got, walked(x, y, lr, steps)[1], rtol=1e-3, atol=1e-4, what=f"{n} rows, {steps} steps")
### END HIDDEN TESTS

# %%
quarters = digits.train_x.reshape(-1, 2, 14, 2, 14).sum(dim=(2, 4)).flatten(1) / 50
w, b = fit_line(quarters, quarters.sum(dim=1), 0.1, 1500)
print("weights:", w, " (four ones would be right)  bias:", b)

# %% [markdown]
# A difference of shapes (n, 1) and (n,) is a table (n, n): every prediction against *every* answer. The line that does best
# in that game says the average to everybody, and on the way back `unbroadcast` quietly makes gradients of the right shape
# out of it. (`F.mse_loss` warns; a `-` does not.)
#
# ### In your own words

# %% [markdown] question="the_v" points=2
# **The V.** A colleague checks the gradients of her network by central differences, in float32, with a step of
# $10^{-7}$, finds errors of 30 %, and concludes that her backward function is wrong. What do you tell her? Describe both
# arms of the V: what makes each, and which way it slopes.
#
# ### BEGIN MARK SCHEME
# - 1 point: at this step, which is below the spacing of float32 numbers around 1 (about 1.2e-7), rounding decides, so the
#   check says nothing; use float64 and a step near 1e-5 (in float32 near 5e-3 and expect three digits).
# - 1 point: right arm: the cut series, grows like h² (central); left arm: rounding, ε|f|/h, grows as h shrinks.
# - Half an answer: "the step is too small" without why a smaller step can be worse: no point by itself.
# ### END MARK SCHEME

# %% [markdown] question="rows_or_columns" points=2
# **Rows or columns?** A function takes 3 numbers to 1,000; another takes 1,000 to 3. For each: how many walks back does
# the whole Jacobian take, and how many pairs of calls for central differences? For which of the two is reverse mode the
# right tool, and why is training always like that one?
#
# ### BEGIN MARK SCHEME
# - 1 point: 3 to 1,000: 1,000 walks back or 3 pairs; 1,000 to 3: 3 walks back or 1,000 pairs.
# - 1 point: reverse mode for the second; a loss is one number (one row), of very many weights.
# - Half an answer: "backpropagation is faster" without the shape on which it depends: no second point.
# ### END MARK SCHEME

# %% [markdown] question="why_add" points=2
# **Why add?** In your engine a tensor that is used twice gets the *sum* of two slopes. Explain why, for $f(x) = x \cdot x$,
# without the rule for powers. And what does the broadcasting of a bias have to do with it?
#
# ### BEGIN MARK SCHEME
# - 1 point: name the two uses apart, f(u, v) = u · v with u = v = x: moving x moves both, and the changes add up:
#   v · 1 + u · 1 = 2x (chain rule of several variables).
# - 1 point: broadcasting uses the bias once for each row; so its slope is the sum over the rows.
# - Half an answer: "because backward accumulates" describes the code and gives no reason: no point.
# ### END MARK SCHEME

# %% [markdown] question="three_ways_out" points=2
# **Closing the diary.** When do you use `torch.no_grad()`, when `detach()`, and when `.grad = None`? Say for each what
# would happen in a training loop that lacks it where it is needed.
#
# ### BEGIN MARK SCHEME
# - 1 point: no_grad for lines that need no slopes (the step, validation): without it a step in place on a leaf is an
#   error, or validation holds memory for a graph that nobody uses. detach for one value that goes on as a constant (a
#   target, a loss kept in a list, numpy): without it slopes flow where they should not, or graphs pile up.
# - 1 point: .grad = None before the next walk back: without it slopes of all earlier steps are added in, and each step
#   uses their sum.
# - Half an answer: "both switch gradients off" does not say for what: no first point.
# ### END MARK SCHEME

# %% [markdown] question="vanishing" points=2
# **Vanishing.** From your picture in section 8: how does the norm of the gradient change for each layer of the ReLU
# network with $g = 1$, and why by about this factor? Why does it not help simply to multiply the learning rate by what
# was lost?
#
# ### BEGIN MARK SCHEME
# - 1 point: a factor of about 0.7 = 1/√2 a layer (2 to the −15 = 3e-5 over thirty): matrices with g = 1 keep the
#   squared norm on average, and ReLU passes about half of the entries.
# - 1 point: each layer lost another factor, so one rate cannot serve all: what is right for the first layers is
#   some 30,000 times too large for the last; a rate for each layer, better initial weights, norms or shortcuts would help.
#   (That slopes too small for the dtype are gone for good counts as well.)
# - Half an answer: "the gradient becomes small" without a factor or a reason: no first point.
# ### END MARK SCHEME

# %% [markdown] question="hospital" points=2
# **The hospital.** Somebody proposes batches of eight, and says that gradients are then safe to send. What did your
# picture in section 7 show for a batch of eight? Why is "I cannot see it in the picture" not yet a proof of privacy? Name
# one measure that would make it harder.
#
# ### BEGIN MARK SCHEME
# - 1 point: the division gives a mixture of the eight rows, weighted by their slopes; yet it still depends on all of them,
#   and somebody with a better method (search for a batch with the same gradient; one row alone activates a unit) may
#   separate them.
# - 1 point: one of: add noise to gradients (differential privacy), clip each row's gradient, sum over many clients before
#   anybody sees it (secure aggregation), larger batches.
# - Half an answer: "gradients are only numbers, not pictures": no point; so are pictures.
# ### END MARK SCHEME

# %% [markdown]
# ## What you have built
# Slopes by calls, slopes by torch, slopes by hand, and a machine that finds them for any computation out of eight
# operations. What PyTorch adds is more operations, speed and GPUs; the idea is the one that you wrote. Lesson 05 asks how
# long a step along the slope should be.
#
# **Now you can** train a network with an engine of your own, show that it is right in three independent ways, and recognise
# a loss that compares everybody with everybody.
#
# *Further reading:* Rumelhart, Hinton, Williams, "Learning representations by back-propagating errors" (1986); LeCun,
# Cortes, Burges, "The MNIST database of handwritten digits", whose page has the published figure.
