# %% [markdown]
# ## 11 · All ten digits
#
# **In this part you will** go from two digits to ten, write the loss that classifiers are trained with, and put your
# numbers beside published ones.
#
# Everything so far carries over. The dumb idea first: ten ideals instead of two, and the answer is the index of the
# nearest (its **argmin**).
#
# ### Exercise: the nearest of ten
# difficulty 2/5 · 8 minutes · cards: mean-digit, argmin-class, mnist-data
#
# Fill the blanks. `torch.cdist(a, b, p)` measures the distance between every row of `a` and every row of `b`: from
# (n, 784) and (10, 784) it makes (n, 10). With `p=1` it adds up magnitudes, with `p=2` it takes the root of the sum
# of squares; compared with our means over the pixels that changes the scale, and never which one is nearest. Every
# digit occurs in `y`. (If two are equally near, either will do.)
#
# hint: Which rows of `x` belong to one digit? `gaps` has one row for each unknown picture: which axis counts digits?

# %% solution="nearest_digit" promises="leaves-inputs, tensor"
def nearest_digit(x, y, unknown, p: float = 2) -> torch.Tensor:
    """For each unknown picture (28, 28), the digit 0 to 9 whose mean picture is nearest."""
    means = torch.stack([x[y == digit].mean(0) for digit in range(10)])  # ? stack | y == digit | 0
    gaps = torch.cdist(unknown.flatten(1), means.flatten(1), p)  # ? 1@1 | p
    return gaps.argmin(dim=1)  # ? argmin | dim=1


# %% [markdown] explains="nearest_digit"
# `x[y == digit]` takes the rows whose label is this digit, and their mean over axis 0 is its ideal. Because the list
# goes from 0 to 9 in order, a place in the stack *is* the digit, and no table has to translate.
#
# `cdist` compares rows with rows, so pictures become rows: `flatten(1)` keeps the axis that counts and joins the
# others. `flatten()` without the 1 would make one endless row. Of (unknown, 10) gaps you want the smallest in each row,
# so the axis of the digits, 1, disappears; with `dim=0` you would learn which unknown picture is nearest to each ideal.
# And pass `p` on: with the default always 2, both lines printed below would show the same number.


# %% tests="nearest_digit" points=3
def examples(rng):
    x, y = rng.tensor(20, 2, 3), torch.cat([rng.permutation(10), rng.permutation(10)])
    yield checks.example(nearest_digit, {"x": x, "y": y, "unknown": rng.tensor(4, 2, 3)})


with checks.check(
    "ten flat grey pictures, each found again", hint="one mean for each digit, in order; what is nearest?"
):
    grey = torch.arange(10)[:, None, None] * torch.ones(10, 2, 2)
    checks.equal(nearest_digit(grey, torch.arange(10), grey.flip(0) + 0.1), torch.arange(9, -1, -1))
### BEGIN HIDDEN TESTS
rng = checks.rng()
y = torch.cat([rng.permutation(10), rng.permutation(10), rng.integers(20, low=0, high=9)])
x, drawn = rng.tensor(40, 3, 4), rng.tensor(60, 3, 4)
means = [x[y == d].double().mean(0) for d in range(10)]


def clear_cases(p):
    """The pictures whose nearest mean wins by more than rounding can change, and their digits."""
    gaps = torch.stack([(drawn - mean).abs().pow(p).flatten(1).sum(1) ** (1 / p) for mean in means], dim=1)
    gaps, by_gap = gaps.sort(dim=1)
    clear = gaps[:, 1] - gaps[:, 0] > 1e-3
    return drawn[clear], by_gap[clear, 0]


with checks.check(
    "any pictures, nearest by L2", hint="is each mean over all pictures of its digit? Which axis of gaps counts digits?"
):
    unknown, expected = clear_cases(2)
    checks.equal(nearest_digit(x, y, unknown), expected)
    checks.equal(nearest_digit(x, y, unknown[:1]), expected[:1], what="a single unknown picture")
    often = (
        torch.arange(300) % 10
    )  # thirty of each, far from the others, with the first and last one in a strange place
    levels = often[:, None, None] * torch.ones(300, 2, 2)
    levels[:10], levels[-10:] = levels[:10] - 40, levels[-10:] - 20
    checks.equal(nearest_digit(levels, often, levels[10:20] - 2), often[10:20], what="thirty pictures of each digit")
with checks.check("any pictures, nearest by L1 and by other p", hint="pass p on"):
    for p in (1, 6):
        unknown, expected = clear_cases(p)
        checks.equal(nearest_digit(x, y, unknown, p=p), expected)
### END HIDDEN TESTS

# %%
for p in (1, 2):
    answers = nearest_digit(digits.train_x, digits.train_y, digits.valid_x, p)
    hits[f"ten digits, nearest mean, L{p}"] = answers == digits.valid_y
    print(f"L{p}: {(answers == digits.valid_y).float().mean():.2%} right (guessing: about 10 %)")

# %% [markdown]
# You have seen the weakness of L1 with threes. The picture counts, for each true digit (row), what L1 called it
# (column). **Look** for the column that attracts everybody. Which digit has the least ink of all?

# %%
called = nearest_digit(digits.train_x, digits.train_y, digits.valid_x, p=1)
counts = torch.bincount(digits.valid_y * 10 + called, minlength=100).reshape(10, 10)
figure, axis = plt.subplots(figsize=(4, 4))
axis.imshow(counts, cmap="Blues")
axis.set(xlabel="called", ylabel="really", xticks=range(10), yticks=range(10))
figure.tight_layout()

# %% [markdown]
# Now learning. A linear model with *ten* scores per picture, one for each digit. To compare them, turn them into
# probabilities: make them positive by the exponential function and divide by their sum. That is the **softmax**:
#
# $$\operatorname{softmax}(s)_k = \frac{e^{s_k}}{\sum_j e^{s_j}}$$
#
# The usual loss asks how probable the model thought the *right* digit, and takes minus the logarithm of that: the
# **cross-entropy**. Sure and right costs next to nothing; sure and wrong costs a lot, without limit, which is why it
# teaches faster than a loss that ends at 1.
#
# ### Exercise: cross-entropy from scratch
# difficulty 4/5 · 12 minutes · cards: softmax, cross-entropy, softmax-shift, initial-loss
#
# Write the mean cross-entropy of a batch from exponential, logarithm and sums, without torch's ready-made softmax,
# log_softmax, logsumexp, nll_loss or cross-entropy. `scores` has shape (batch, classes), `labels` (batch,) holds whole numbers.
#
# One point is for large scores: $e^{1000}$ is infinite in a float. But softmax does not change when the same number
# is taken from all scores of a row, so take away the largest first.
#
# hint: What is the logarithm of a quotient? Then nothing has to be divided, and no logarithm of zero is taken.
#
# hint: To pick one score from each row, an index needs two tensors: which rows, and which column in each.


# %% solution="softmax_loss" promises="leaves-inputs, differentiable(scores), tensor, by-hand(softmax, cross_entropy)"
def softmax_loss(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The mean over the batch of -log(softmax(scores)[label])."""
    ### BEGIN SOLUTION
    scores = scores - scores.max(dim=1, keepdim=True).values
    log_sum = scores.exp().sum(dim=1).log()
    return (log_sum - scores[torch.arange(len(labels)), labels]).mean()
    ### END SOLUTION


# %% [markdown] explains="softmax_loss"
# Write the logarithm of the quotient as a difference: $-\log\frac{e^{s_y}}{\sum_j e^{s_j}} = \log\sum_j e^{s_j} - s_y$.
# The exponential of the right score is never computed, so it can neither overflow nor vanish. Softmax first and
# logarithm second would meet $\log 0$ as soon as the right score lies about 104 below the largest, where $e^{-104}$ is
# zero in float32.
#
# Taking away the largest score of each *row* changes nothing: numerator and denominator both lose the factor $e^{-m}$.
# Afterwards the largest is 0, its exponential 1, so the sum is at least 1 and its logarithm harmless. The largest of
# the whole batch will not do: a row far below it would have only zeros. `scores[arange, labels]` picks one number from
# each row; `scores[:, labels]` would be a table of n × n. Four equal scores: $\log 4 - 0 = 1.386$. And the gradient,
# softmax minus one-hot, stays close to −1 where the model is sure and wrong.


# %% tests="softmax_loss" points=4
def examples(rng):
    yield checks.example(softmax_loss, {"scores": rng.tensor(5, 4), "labels": rng.integers(5, low=0, high=3)})


with checks.check("no idea among four classes costs log 4", hint="each of four equal scores has probability 1/4"):
    checks.close(softmax_loss(torch.zeros(3, 4), torch.tensor([0, 3, 1])), torch.tensor(4.0).log())
### BEGIN HIDDEN TESTS
rng = checks.rng()
n, classes = rng.integer(12, 20), rng.integer(3, 7)
scores, labels = rng.tensor(n, classes) * 2, rng.integers(n, low=0, high=classes - 1)
with checks.check("any scores, as torch has it", hint="sum over the classes of a row; mean over the rows"):
    checks.close(softmax_loss(scores, labels), F.cross_entropy(scores, labels), rtol=1e-4)
    checks.close(softmax_loss(scores[:1], labels[:1]), F.cross_entropy(scores[:1], labels[:1]), rtol=1e-4)
    for rows, kinds in ((150, 2), (3, 120), (9, 9)):
        some, wanted = rng.tensor(rows, kinds), rng.integers(rows, low=0, high=kinds - 1)
        checks.close(softmax_loss(some, wanted), F.cross_entropy(some, wanted), rtol=1e-4, what="other sizes")
with checks.check(
    "the gradient is (softmax - one-hot) / n", hint="stay with tensors all the way, without detach or item"
):
    slope = (torch.softmax(scores, 1) - F.one_hot(labels, classes)) / n
    checks.gradient(lambda s: softmax_loss(s, labels), scores, slope, rtol=1e-3, atol=1e-6)
with checks.check("huge scores do no harm", hint="take away the largest score of each row before exp"):
    levels = 1000.0 * (torch.arange(n)[:, None] % 3 - 1)  # rows far above and far below each other
    for huge in (scores * 500, scores + levels):
        checks.close(softmax_loss(huge, labels), F.cross_entropy(huge.double(), labels), rtol=1e-3)
        slope = (torch.softmax(huge.double(), 1) - F.one_hot(labels, classes)) / n
        checks.gradient(lambda s: softmax_loss(s, labels), huge, slope, rtol=1e-2, atol=1e-4)
### END HIDDEN TESTS

# %% [markdown]
# A good habit: before training, compare the first loss with $\log k$ for $k$ classes. A model that knows nothing
# should start there, and one that starts far above has a bug or a bad start.


# %%
def ten_accuracy(scores, labels):
    return (scores.argmax(dim=1) == labels).float().mean()


torch.manual_seed(0)
ten_net = nn.Linear(784, 10)
ten_train = TensorDataset(digits.train_x.flatten(1), digits.train_y)
ten_valid = TensorDataset(digits.valid_x.flatten(1), digits.valid_y)
first = softmax_loss(ten_net(ten_valid[:][0]), ten_valid[:][1])
print(f"loss before training {first:.2f}, and log 10 is 2.30")
loaders = DataLoaders(DataLoader(ten_train, 128, shuffle=True), DataLoader(ten_valid, 256))
ten = Learner(loaders, ten_net, softmax_loss, opt_func=SGD, metrics=ten_accuracy)
with quiet(ten):
    ten.fit(device.budget(20), lr=0.2)
with torch.no_grad():
    hits["ten digits, softmax regression"] = ten_net.eval()(ten_valid[:][0]).argmax(dim=1) == ten_valid[:][1]
print(f"after {ten.n_epoch} epochs: {ten.recorder.values[-1][-1]:.2%}")

# %% [markdown]
# ## 12 · What did each of them reach?
#
# The table puts your numbers beside published ones. Unless full MNIST is on this machine they are **not** from the
# same data: the published figures come from 12,396 training and 2,038 validation pictures for threes and sevens, and
# from 60,000 and 10,000 for ten digits. The head line says where yours come from.
#
# The column ± is one standard error of one number, $\sqrt{p(1-p)/n}$. With few validation pictures a single one moves the
# result visibly. If a number of yours is *above* the published one, do not celebrate: it says that your few pictures
# happen to be easy ones.

# %% setup
published = {
    "3 or 7, nearest mean, L1": "0.951   fast.ai book, chapter 4",
    "3 or 7, nearest mean, RMSE": "not published",
    "3 or 7, linear by hand": "0.970 - 0.979   fast.ai book, chapter 4, 20 epochs",
    "3 or 7, two layers and a ReLU": "0.983   fast.ai book, chapter 4, 40 epochs",
    "3 or 7, ResNet-18": "0.994 - 0.997   fast.ai book, chapter 4, 1 epoch",
    "ten digits, nearest mean, L1": "0.669   measured for this course",
    "ten digits, nearest mean, L2": "0.820   measured for this course",
    "ten digits, softmax regression": "0.92   dlsys course, homework 0",
}

# %%
n_two, n_ten = len(valid_x), len(digits.valid_x)
print(f"yours: {digits.name}; validated on {n_two:,} threes and sevens, {n_ten:,} of all ten digits")
if device.budget(5) < 5:
    print("run by the grader, which trains only briefly")
print(f"{'':32}{'yours':>7}{'±':>7}   on full MNIST")
for method, theirs in published.items():
    if method in hits:
        p, n = hits[method].float().mean().item(), len(hits[method])
        print(f"{method:32}{p:7.3f}{(p * (1 - p) / n) ** 0.5:7.3f}   {theirs}")
    else:
        print(f"{method:32}{'not yet':>7}{'':7}   {theirs}")

# %% [markdown]
# To compare two methods *with each other*, ± is the wrong measure: both saw the same pictures, and a picture that is
# hard for one is mostly hard for the other too. Where both are right, or both wrong, nothing is learnt about which one
# is better. So count the pictures on which they **disagree**. If the first alone is right on $b$ of $n$ pictures and
# the second alone on $c$, their accuracies differ by $(b-c)/n$, and the standard error of *that* is about
# $\sqrt{b+c}/n$ (McNemar's test rests on it). A difference of less than two of these could well be luck.

# %%
for first, second in pairwise(hits):
    if len(hits[first]) == len(hits[second]):
        b, c = int((hits[first] & ~hits[second]).sum()), int((~hits[first] & hits[second]).sum())
        n = len(hits[first])
        print(f"{first} against {second}:")
        print(f"  alone right {b} : {c}, difference {(b - c) / n:+.3f}, standard error {(b + c) ** 0.5 / n:.3f}")

# %% [markdown]
# ## 13 · Find the bug, and say it in your own words
#
# ### Exercise: it runs, and learns nothing
# difficulty 3/5 · 12 minutes · cards: broadcast-trap
#
# A colleague wrote this function. It raises no error, but the loss hardly moves away from one half, and the accuracy
# stays where chance has put it. There is **one** mistake. Find it (print whatever you do not trust) and repair it
# inside the function: what callers hand in stays as the docstring says.
#
# hint: The loss is the mean of how many numbers? Print the shapes of everything that goes into `torch.where`.


# %% solution="train_net" promises="numbers, leaves-inputs(x, y)"
def train_net(net, x, y, lr: float, steps: int) -> list[float]:
    """Trains net, which makes (n, 1) scores, in place on all of x and y (n,); returns the losses."""
    ### BEGIN SOLUTION
    #! opt = torch.optim.SGD(net.parameters(), lr)
    #! losses = []
    #! for _ in range(steps):
    #!     sure = net(x).sigmoid()
    #!     loss = torch.where(y == 1, 1 - sure, sure).mean()
    #!     opt.zero_grad()
    #!     loss.backward()
    #!     opt.step()
    #!     losses.append(loss.item())
    #! return losses
    opt = torch.optim.SGD(net.parameters(), lr)
    losses = []
    for _ in range(steps):
        sure = net(x).sigmoid()[:, 0]
        loss = torch.where(y == 1, 1 - sure, sure).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses
    ### END SOLUTION


# %% [markdown] explains="train_net"
# `net(x)` has the shape (n, 1) and `y` the shape (n,). `torch.where` broadcasts them to (n, n), and every picture is
# measured against the label of *every* picture. For one picture with the belief $p$ the mean over all labels is $p$
# times the share of sevens plus $1 - p$ times that of threes: with equally many of both, exactly one half, whatever the
# net says. So there is nothing to learn, and no learning rate can help.
#
# `[:, 0]` takes the one column out, and shapes (n,) and (n,) meet place by place. `y[:, None]` in the comparison would
# do as well. What does not help is a change of the mean, of the rate or of the number of steps. Take the habit with
# you: print the shapes of what enters the loss, and how many numbers its mean is taken of. Four pictures should give
# four, not sixteen.


# %% tests="train_net" points=3
def losses_of(train_net, x, y):
    """The losses of three steps of a linear layer that starts from ones."""
    import torch

    net = torch.nn.Linear(x.shape[1], 1, bias=False)
    net.weight.data = torch.ones(1, x.shape[1])
    return train_net(net, x, y, 0.1, 3)


def examples(rng):
    def losses_from_ones(x, y):
        return checks.on_student_side(losses_of, train_net, x, y)

    yield checks.example(losses_from_ones, {"x": rng.tensor(5, 2), "y": torch.arange(5.0) % 2})


def trained(train_net, w, x, y, lr, steps):
    """The losses, and the weight after training a linear layer that starts from w."""
    import torch

    net = torch.nn.Linear(w.shape[1], 1, bias=False)
    net.weight.data = w.clone()
    losses = train_net(net, x, y, lr, steps)
    return [float(loss) for loss in losses], net.weight.detach().clone()


def by_formula(w, x, y, lr, steps):
    """The same from the formula of the gradient."""
    losses = []
    for _ in range(steps):
        p = 1 / (1 + torch.exp(-(x @ w[0])))
        losses.append((p - y).abs().mean().item())
        w = w - lr * ((1 - 2 * y) * p * (1 - p) @ x / len(y))[None]
    return losses, w


with checks.check("the first loss of two pictures", hint="how many numbers should the mean be taken of?"):
    x, y, w = torch.tensor([[2.0], [-3.0]]), torch.tensor([1.0, 0.0]), torch.ones(1, 1)
    checks.close(
        checks.on_student_side(trained, train_net, w, x, y, 1.0, 1)[0], by_formula(w, x, y, 1.0, 1)[0], rtol=1e-4
    )


### BEGIN HIDDEN TESTS
def two_layers(train_net, u, b, s, x, y, lr):
    """The losses of two trainings of a net of two layers in a row, and its parameters afterwards."""
    import torch

    net = torch.nn.Sequential(torch.nn.Linear(4, 6), torch.nn.Tanh(), torch.nn.Linear(6, 1, bias=False))
    net[0].weight.data, net[0].bias.data, net[2].weight.data = u.clone(), b.clone(), s[None].clone()
    losses = [float(loss) for _ in range(2) for loss in train_net(net, x, y, lr, 2)]
    return losses, [p.detach().clone() for p in net.parameters()]


def by_autograd(u, b, s, x, y, lr):
    """The same, one gradient after another."""
    parts, losses = [part.double() for part in (u, b, s[None])], []
    for _ in range(4):
        parts = [part.detach().requires_grad_() for part in parts]
        p = (torch.tanh(x.double() @ parts[0].T + parts[1]) @ parts[2][0]).sigmoid()
        loss = (p - y).abs().mean()
        losses.append(loss.item())
        slopes = torch.autograd.grad(loss, parts)
        parts = [part.detach() - lr * slope for part, slope in zip(parts, slopes, strict=True)]
    return losses, parts


rng = checks.rng()
n = 2 * rng.integer(140, 150) + 1
x, w, y, lr = rng.tensor(n, 4), rng.tensor(1, 4), rng.integers(n, low=0, high=1).float(), rng.uniform(0.5, 2)
with checks.check("the weights move as the formula says", hint="each picture must meet its own label, and no other"):
    checks.close(
        checks.on_student_side(trained, train_net, w, x, y, lr, 5)[1],
        by_formula(w, x, y, lr, 5)[1],
        rtol=1e-3,
        atol=1e-5,
    )
with checks.check("the losses too, also for a single picture", hint="each loss is from before its step"):
    for part in (slice(0, n), slice(0, 1)):
        got = checks.on_student_side(trained, train_net, w, x[part], y[part], lr, 3)[0]
        checks.close(got, by_formula(w, x[part], y[part], lr, 3)[0], rtol=1e-3)
    got = checks.on_student_side(trained, train_net, w, x, y, 0.0, 4)[0]  # a loss that does not fall
    checks.close(got, by_formula(w, x, y, 0.0, 4)[0], rtol=1e-3, what="four steps that lead nowhere")
    got = checks.on_student_side(trained, train_net, w, x, y, lr, 0)[0]
    checks.equal(got, [], what="no steps")
    u, b, s = rng.tensor(6, 4), rng.tensor(6), rng.tensor(6)
    got, weights = checks.on_student_side(two_layers, train_net, u, b, s, x, y, 5.0)
    right, right_weights = by_autograd(u, b, s, x, y, 5.0)
    checks.close(got, right, rtol=1e-2, what="the losses of a net of two layers, trained twice at a large rate")
    for part, right_part in zip(weights, right_weights, strict=True):
        checks.close(part, right_part, rtol=1e-2, atol=1e-2, what="the weights of that net")
### END HIDDEN TESTS

# %% [markdown]
# Once repaired, it works: half a minute of thought about what is in a tensor saves an afternoon of trying learning
# rates.

# %%
torch.manual_seed(0)
net = nn.Linear(784, 1)
losses = train_net(net, train_x, train_y[:, 0], lr=1.0, steps=device.budget(100))
answers = net(valid_x) > 0
print(f"loss {losses[0]:.3f} -> {losses[-1]:.3f}, accuracy {(answers == (valid_y == 1)).float().mean():.1%}")

# %% [markdown]
# ### Five questions
# Two to five sentences each are enough. Write as you would to somebody who has not taken this course.

# %% [markdown] question="why_a_baseline" points=2
# **Why a baseline?** A friend trained a network with ten million parameters to tell threes from sevens and is happy
# with 94 % on validation pictures. What do you tell her, and what would you look at first?
#
# ### BEGIN MARK SCHEME
# - 1 point: compares with a baseline: nearest mean (RMSE) reaches 95 to 96 % without any training loop, so 94 % means
#   that the network adds nothing (or something is broken). Full credit as well for an answer that adds
#   that a difference of two points may be luck, and would count the pictures on which network and baseline disagree.
# - 1 point: a sensible first look: shapes of scores and labels, learning rate, whether the training loss falls at
#   all, scale of the inputs, labels swapped or shuffled apart from the pictures.
# - No point for "94 % is good, she could train longer or add layers": nothing is compared, and nothing is looked at.
# ### END MARK SCHEME

# %% [markdown] question="loss_or_metric" points=2
# **Loss or metric?** Describe two models with the same accuracy and different losses, and say which one you would
# rather have. Then the other way round: how can the loss get *worse* from one epoch to the next while the accuracy gets
# better?
#
# ### BEGIN MARK SCHEME
# - 1 point: an example, such as the same answers given hesitantly or surely, or wrong answers given very surely;
#   prefers the one that is surer of right answers or less sure of wrong ones, with the reason.
# - 1 point: the loss is a mean of how far off each answer is: a few hesitant answers flip to the right side (accuracy
#   up) while others, right or wrong, move away from their labels by more in sum (loss up); an example with numbers
#   counts.
# - No point for "accuracy has no gradient" alone: it is said in the text, and answers neither question.
# ### END MARK SCHEME

# %% [markdown] question="honest_validation" points=2
# **Honest numbers.** You tried twenty learning rates and report the best validation accuracy of the twenty. Is it an
# honest forecast of how the model will do on new pictures? If not, what would be?
#
# ### BEGIN MARK SCHEME
# - 1 point: no: the best of twenty is partly luck on these very pictures; choosing by them makes the number too good
#   (more so with few pictures).
# - 1 point: a third set of pictures (test set) that was used for no choice, looked at once at the end; or
#   cross-validation, nested.
# - No second point for "train again and average" on the same validation pictures: the choice was still made by them.
# ### END MARK SCHEME

# %% [markdown] question="batch_size" points=2
# **How many at once?** Compare a batch of one picture, of 64, and of all the training pictures: how good is one
# gradient, how many steps does an epoch make, how well is the hardware used? And what happens if the learning rate is
# far too large?
#
# ### BEGIN MARK SCHEME
# - 1 point: one picture: noisy gradient, many steps, hardware idles; all: exact gradient of the training loss, one
#   step an epoch, slow steps; 64: a compromise of both.
# - 1 point: steps that are too long overshoot the valley; the loss jumps about or grows without limit (nan), whatever
#   the batch size.
# - No first point for "larger batches are more accurate but slower" alone: it says nothing about how many steps there
#   are.
# ### END MARK SCHEME

# %% [markdown] question="read_the_table" points=2
# **Read your tables.** Which of your numbers may fairly be compared with the published ones, and which may not? Name
# two of your methods that your validation pictures can tell apart, and two that they cannot, and say how you see it.
#
# ### BEGIN MARK SCHEME
# - 1 point: a fair comparison needs the same training and validation data (and epochs): with the embedded digits none
#   is strictly comparable; a student who had full MNIST says so.
# - 1 point: one pair whose difference is more than about two standard errors and one pair with less, by the pictures on
#   which the two *disagree*, with the numbers of the student's own second table.
# - No second point for two columns of ± that overlap: both methods saw the same pictures, so these errors are not
#   independent, and overlapping ± say little. No point for "these two are close" without a number.
# ### END MARK SCHEME

# %% [markdown]
# ## What you have built
# Batches, a loss with a slope, gradients, steps, epochs, validation, an optimiser, a learner. Every training loop
# that you will ever read is some arrangement of these. What comes later changes the parts and keeps the loop:
# optimisers with a memory, layers that see a shape wherever it is, and the ResNet that you only borrowed today.
#
# **Now you can** say what any number in such a table is worth. *Further reading:* *Deep Learning for Coders*, chapters 4 and
# 5 (softmax, cross-entropy, the learning-rate finder); Zhang and others, *Dive into Deep Learning*, section 4.1,
# softmax regression; [PyTorch:
# cross_entropy](https://pytorch.org/docs/stable/generated/torch.nn.functional.cross_entropy.html).
