# %% [markdown]
# ## 8 · The size of a surprise
#
# **In this part you will** measure how much a law has to tell, what wrong beliefs cost, how unsure a language model
# is, and how much one variable says about another.
#
# How surprised are you by an outcome of probability $p$? A good measure should be 0 for what is certain, grow as $p$
# shrinks, and add up for independent outcomes, whose probabilities multiply. Only a logarithm does that: the
# **information content** of the outcome is $-\log p$, in **nats** with the natural logarithm, in **bits** with the
# logarithm of base 2. A fair coin has one bit. Three quantities follow, each an expectation under the true law $p$:
#
# - **Entropy** $H(p) = -\sum_k p_k \log p_k$: the expected surprise of somebody who knows the law.
# - **Cross-entropy** $H(p, q) = -\sum_k p_k \log q_k$: the expected surprise of somebody who believes $q$ while the
#   outcomes follow $p$.
# - **Kullback–Leibler divergence** $D(p \,\|\, q) = \sum_k p_k \log \frac{p_k}{q_k}$: what believing $q$ costs.
#
# So $D(p\,\|\,q) = H(p, q) - H(p)$. **Predict**: for a coin that shows heads with probability $p$, where is the
# entropy largest, and how large is it there, in bits?

# %%
p = np.linspace(0.001, 0.999, 300)
figure, axes = plt.subplots(1, 2, figsize=(9, 2.8))
axes[0].plot(p, -p * np.log2(p) - (1 - p) * np.log2(1 - p))
axes[0].set(xlabel="P(heads)", ylabel="bits", title="entropy of a coin")
for q in (0.5, 0.8):
    axes[1].plot(p, p * np.log2(p / q) + (1 - p) * np.log2((1 - p) / (1 - q)), label=f"you believe {q}")
axes[1].set(xlabel="P(heads), in truth", ylabel="bits", title="what a wrong belief costs")
axes[1].legend()
figure.tight_layout()

# %% [markdown]
# One bit at ½, nothing at the ends. The divergence is 0 only where the belief is right. It is no distance, since it is
# not symmetric: to believe 0.5 when the truth is 0.8 costs 0.28 bits, to believe 0.8 when the truth is 0.5 costs 0.32.
#
# Two kinds of zero need care. If $p_k = 0$, the outcome never comes, and its term is 0, whatever the logarithm says. If
# $q_k = 0$ while $p_k > 0$, an outcome comes that was held to be impossible: surprise, $H(p, q)$ and $D$ are infinite.
#
# ### Exercise: entropy, cross-entropy, divergence
# difficulty 3/5 · 10 minutes · cards: entropy, cross-entropy, kl
#
# All laws are tensors (outcomes,), results in nats: each a Python number, or a tensor without axes of the laws' type.
# Mind both kinds of zero.
#
# hint: In floating point, `0 * log(0)` is `nan`. Which entries of the sum are allowed to be left out?


# %% solution="information" promises="leaves-inputs, any-float, any-size(one outcome)"
def entropy(p: torch.Tensor) -> torch.Tensor:
    """The expected surprise, in nats."""
    ### BEGIN SOLUTION
    return cross_entropy(p, p)
    ### END SOLUTION


def cross_entropy(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """The expected surprise of somebody who believes q while p is true."""
    ### BEGIN SOLUTION
    possible = p > 0
    return -(p[possible] * q[possible].log()).sum()
    ### END SOLUTION


def kl(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """The divergence of p from q: what the wrong belief q costs."""
    ### BEGIN SOLUTION
    return cross_entropy(p, q) - entropy(p)
    ### END SOLUTION


# %% tests="information" points=5
def examples(rng):
    p, q = torch.tensor([0.5, 0.25, 0.25]), torch.tensor([0.25, 0.25, 0.5])
    yield checks.example(entropy, {"p": p})
    yield checks.example(cross_entropy, {"p": p, "q": q})
    yield checks.example(kl, {"p": p, "q": q})
    yield checks.example(entropy, {"p": torch.ones(1)}, size="one outcome", right=0.0)
    yield checks.example(kl, {"p": torch.ones(1), "q": torch.ones(1)}, size="one outcome", right=0.0)


with checks.check("halves and quarters", hint="a half has log 2 of surprise, a quarter twice that", points=1):
    p, q = torch.tensor([0.5, 0.25, 0.25]), torch.tensor([0.25, 0.25, 0.5])
    checks.close(entropy(p), 1.5 * math.log(2), rtol=1e-4, what="entropy")
    checks.close(cross_entropy(p, q), 1.75 * math.log(2), rtol=1e-4, what="cross-entropy")
    checks.close(kl(p, q), 0.25 * math.log(2), rtol=1e-4, what="divergence")
with checks.check("an outcome that never comes", hint="its term is 0", points=1):
    p, q = torch.tensor([0.5, 0.5, 0.0]), torch.tensor([0.5, 0.25, 0.25])
    checks.close(entropy(p), math.log(2), rtol=1e-4)
    checks.close(kl(p, q), 0.5 * math.log(2), rtol=1e-4)
### BEGIN HIDDEN TESTS
rng = checks.rng()


def law(rng, k):
    """A law over k outcomes, none of which is rare."""
    raw = rng.tensor(k, low=0.2, high=1.0)
    return raw / raw.sum()


with checks.check("entropy of any law", hint="log n for n equally likely outcomes"):
    for k in (2, 5, 12):
        p = torch.cat([law(rng, k), torch.zeros(2)])
        checks.close(entropy(p), sum(-v * math.log(v) for v in p.tolist() if v), rtol=1e-4, what=f"{k} outcomes")
        checks.close(entropy(torch.full((k,), 1 / k)), math.log(k), rtol=1e-4, what=f"uniform over {k}")
with checks.check("cross-entropy and divergence of any pair", hint="who believes, and what is true?"):
    for k in (2, 4, 9):
        p, q = law(rng, k), law(rng, k).sort().values
        p, q = torch.cat([torch.zeros(2), p]), torch.cat([torch.tensor([0.0, 0.2]), 0.8 * q])
        pairs = [(v, w) for v, w in zip(p.tolist(), q.tolist(), strict=True) if v]
        checks.close(cross_entropy(p, q), -sum(v * math.log(w) for v, w in pairs), rtol=1e-4, atol=1e-5)
        checks.close(kl(p, q), sum(v * math.log(v / w) for v, w in pairs), rtol=1e-3, atol=1e-5)
with checks.check("the impossible happens", hint="how large is the surprise at an outcome with q = 0?"):
    p, q = law(rng, 3), torch.tensor([0.0, 0.5, 0.5])
    checks.close(cross_entropy(p, q), math.inf)
    checks.close(kl(p, q), math.inf)
### END HIDDEN TESTS

# %% [markdown]
# What is entropy good for? Below are the reader's most and least doubtful answers among the validation pictures, by
# the entropy of its belief. **Predict** which of the two rows has more mistakes.

# %%
doubts = torch.stack([torch.as_tensor(entropy(belief)) for belief in beliefs])
order = doubts.argsort()
figure, axes = plt.subplots(2, 8, figsize=(9, 2.7))
for row, places in zip(axes, (order[:8], order[-8:]), strict=True):
    for axis, place in zip(row, places, strict=True):
        axis.imshow(digits.valid_x[place], cmap="gray_r")
        axis.set_title(f"{doubts[place]:.2f}: {int(beliefs[place].argmax())}", fontsize=8)
        axis.set_axis_off()
print(f"right among the 500 surest: {hits[order[:500]].mean():.3f}, among the others: {hits[order[500:]].mean():.3f}")

# %% [markdown]
# (Above each picture: entropy in nats, and the answer.) A machine that knows when it does not know can ask somebody.
#
# Why is a divergence never negative? A function is **convex** if its chords lie nowhere below its graph (a *set* is
# convex if it holds the whole segment between any two of its points, and the region above a convex graph is one).
# **Jensen's inequality**: for convex $f$, $f(E[X]) \le E[f(X)]$. Apply it to $-\log$, which is convex, and to the
# variable $q_k / p_k$:
#
# $$D(p\,\|\,q) = E_p\Bigl[-\log\frac{q}{p}\Bigr] \ge -\log E_p\Bigl[\frac{q}{p}\Bigr]
# = -\log\sum_{k:\,p_k>0} q_k \ge -\log 1 = 0$$
#
# So the truth is its own best description, and *minimising the cross-entropy to the data is maximum likelihood*: with
# $p$ the shares of the outcomes in the data, $H(p, q)$ is the NLL of section 6.
#
# **Predict** from Jensen or a chord: which is larger, the logarithm of the mean latency or the mean of the logarithms?

# %%
print(f"log of the mean {times.mean().log():.3f}, mean of the logs {times.log().mean():.3f}")

# %% [markdown]
# The logarithm is concave, so the signs are turned around.
#
# *Further reading:* Cover and Thomas, *Elements of Information Theory*, chapter 2; Shannon, "A Mathematical Theory of
# Communication" (1948).
#
# ## 9 · Perplexity
#
# A language model says at each place of a text how probable each token is as the next one. It is judged by the mean NLL
# of the tokens that really come. As nats mean little to most people, one reports $e^{\text{mean NLL}}$, the
# **perplexity**: the number of equally likely tokens among which somebody would have to guess to be as unsure. A model
# that knows nothing, over a vocabulary of $V$ tokens, has perplexity $V$ and the loss $\log V$. If your *untrained*
# network begins far above $\log V$, it is sure of wrong things before it has seen anything: look at its initialisation.
#
# `F.cross_entropy(input, target)` takes as input the raw scores (n, classes), logits and not probabilities, and as
# target the n right classes. A language model's scores have an axis more, (batch, sequence, vocabulary), and all places
# of all sequences count alike. (With three axes `F.cross_entropy` would look for the classes in the *second* one.)
#
# ### Exercise: how unsure is the model?
# difficulty 2/5 · 6 minutes · cards: perplexity, cross-entropy-arguments, first-loss
#
# Fill the blanks. `logits` is (batch, sequence, vocabulary), `targets` (batch, sequence) holds whole numbers (int64).


# %% solution="perplexities" promises="leaves-inputs, differentiable(logits), any-float"
def token_loss(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The mean negative log-likelihood per token, in nats."""
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten())  # ? logits.flatten(0, 1) | targets.flatten()


def perplexity(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """How many equally likely tokens would leave one as unsure."""
    return token_loss(logits, targets).exp()  # ? token_loss(logits, targets).exp()


def bits_per_token(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The same surprise in bits."""
    return token_loss(logits, targets) / math.log(2)  # ? math.log(2)


def first_loss(vocabulary: int) -> float:
    """About what an untrained model's loss should be, in nats."""
    return math.log(vocabulary)  # ? math.log(vocabulary)


# %% tests="perplexities" points=4
def examples(rng):
    given = {"logits": rng.tensor(2, 3, 4), "targets": rng.integers(2, 3, low=0, high=3)}
    for function in (token_loss, perplexity, bits_per_token):
        yield checks.example(function, given)


with checks.check("a model that knows nothing", hint="it guesses among 8 tokens: three bits", points=1):
    nothing, targets = torch.zeros(2, 3, 8), torch.tensor([[1, 7, 0], [2, 2, 5]])
    checks.close(perplexity(nothing, targets), 8.0, rtol=1e-4)
    checks.close(bits_per_token(nothing, targets), 3.0, rtol=1e-4, what="bits")
    checks.close(first_loss(50_257), 10.825, rtol=1e-3, what="first loss")
### BEGIN HIDDEN TESTS
rng = checks.rng()


def by_hand(logits, targets):
    """The mean surprise, place by place."""
    places = list(zip(logits.flatten(0, 1).tolist(), targets.flatten().tolist(), strict=True))
    return sum(math.log(sum(math.exp(s) for s in row)) - row[k] for row, k in places) / len(places)


cases = [
    (rng.tensor(b, s, v) * 2, rng.integers(b, s, low=0, high=min(v, s) - 1))
    for b, s, v in ((2, 5, 7), (3, 4, 4), (1, 6, 3))
]
with checks.check("the loss per token", hint="which axis holds the classes?"):
    for logits, targets in cases:
        checks.close(token_loss(logits, targets), by_hand(logits, targets), rtol=1e-4, atol=1e-5)
with checks.check("perplexity", hint="from nats back to a number of choices"):
    for logits, targets in cases:
        checks.close(perplexity(logits, targets), math.exp(by_hand(logits, targets)), rtol=1e-3)
with checks.check("bits, and the loss before training", hint="how many nats has a bit?"):
    for logits, targets in cases:
        checks.close(bits_per_token(logits, targets), by_hand(logits, targets) / math.log(2), rtol=1e-4, atol=1e-5)
    for vocabulary in (2, 27, 1000):
        checks.close(first_loss(vocabulary), math.log(vocabulary), rtol=1e-5)
### END HIDDEN TESTS

# %% [markdown]
# A small language model, without any network: it learns from PyTorch's own documentation which letter follows which, by
# counting. (One is added to each count, which is the prior Beta(1, 1) of section 7 for 27 outcomes in place of two; its
# name is Dirichlet.) It is judged on pages that it has not seen. **Predict** the three perplexities: letters all alike;
# letters by their frequency; letters by the one before.

# %%
pages = [torch.nn.Conv2d, torch.nn.LSTM, torch.nn.Transformer, torch.nn.BatchNorm2d, torch.nn.GRU, torch.nn.Embedding]
letters = lambda page: torch.tensor(
    [max(0, ord(c) - 96) if c.isascii() and c.isalpha() else 0 for c in page.__doc__.lower()]
)
known, new = torch.cat([letters(page) for page in pages[:4]]), torch.cat([letters(page) for page in pages[4:]])
singles = (known.bincount(minlength=27) + 1.0).log().expand(27, 27)
pairs = (torch.ones(27, 27).index_put_((known[:-1], known[1:]), torch.ones(len(known) - 1), accumulate=True)).log()
for name, table in (("all alike", torch.zeros(27, 27)), ("frequencies", singles), ("by the one before", pairs)):
    unsure = perplexity(table[new[:-1]][None], new[None, 1:])
    print(
        f"{name:18} perplexity {unsure:5.2f}   {bits_per_token(table[new[:-1]][None], new[None, 1:]):.2f} bits a letter"
    )

# %% [markdown]
# (Everything that is no letter is one more symbol, and runs of blanks are easy to guess.) Perplexities are comparable
# only on the same text *and the same tokens*: per letter and per word are worlds apart. Draw from it? **Look** at
# what a model writes that knows pairs of letters:

# %%
generator, text = torch.Generator().manual_seed(5), [0]
for _ in range(150):
    chances = pairs[text[-1]].softmax(dim=0)
    text.append(int(inverse_cdf(chances, torch.rand(1, generator=generator))[0]))
print("".join(" abcdefghijklmnopqrstuvwxyz"[one] for one in text))

# %% [markdown]
# *Further reading:* Jurafsky and Martin, *Speech and Language Processing*, chapter 3 (n-gram language models,
# perplexity).
#
# ## 10 · What one variable says about another
#
# How much does a single pixel say about which digit it is? Let $X$ be the pixel (ink or no ink) and $Y$ the class,
# with their **joint law**, a table whose entry $(x, y)$ is $P(X = x, Y = y)$. Sums of rows and of columns are the
# **marginal** laws of $X$ and $Y$. If the two were independent, each entry would be the product of its margins. The
# **mutual information** measures how far from that they are:
#
# $$I(X; Y) = \sum_{x,y} P(x, y) \log \frac{P(x, y)}{P(x)\,P(y)} = H(Y) - H(Y \mid X)$$
#
# The second form says what it means: how much of the uncertainty about $Y$ goes away on average when one learns $X$.
# $H(Y \mid X)$, the **conditional entropy**, is the entropy of $Y$ within each row, averaged over the rows by how
# likely they are.
#
# ### Exercise: mutual information
# difficulty 3/5 · 10 minutes · cards: mutual-information
#
# `joint` (rows, columns) holds probabilities with sum 1; rows belong to $X$, columns to $Y$. Zeros are possible,
# whole rows and columns of them too. In nats.
#
# hint: `joint.sum(dim=1, keepdim=True) * joint.sum(dim=0, keepdim=True)` is a table again. Where can an entry of it
# be 0?


# %% solution="mutual" promises="leaves-inputs, any-float, any-size(one row, not square)"
def mutual_information(joint: torch.Tensor) -> torch.Tensor:
    """How many nats X and Y say about each other."""
    ### BEGIN SOLUTION
    apart = joint.sum(dim=1, keepdim=True) * joint.sum(dim=0, keepdim=True)
    possible = joint > 0
    return (joint[possible] * (joint[possible] / apart[possible]).log()).sum()
    ### END SOLUTION


def conditional_entropy(joint: torch.Tensor) -> torch.Tensor:
    """The uncertainty about Y (columns) that is left, on average, when X (the row) is known."""
    ### BEGIN SOLUTION
    rows = joint.sum(dim=1, keepdim=True).expand_as(joint)
    possible = joint > 0
    return -(joint[possible] * (joint[possible] / rows[possible]).log()).sum()
    ### END SOLUTION


# %% tests="mutual" points=4
def examples(rng):
    raw = rng.tensor(3, 2, low=0.2, high=1.0)
    yield checks.example(mutual_information, {"joint": raw / raw.sum()})
    yield checks.example(conditional_entropy, {"joint": raw / raw.sum()})
    row, wide = torch.tensor([[0.25, 0.75]]), torch.tensor([[0.5, 0.0, 0.0], [0.0, 0.25, 0.25]])
    yield checks.example(mutual_information, {"joint": row}, size="one row", right=0.0)
    left = -0.25 * math.log(0.25) - 0.75 * math.log(0.75)
    yield checks.example(conditional_entropy, {"joint": row}, size="one row", right=left)
    yield checks.example(mutual_information, {"joint": wide}, size="not square", right=math.log(2))
    yield checks.example(conditional_entropy, {"joint": wide}, size="not square", right=0.5 * math.log(2))


with checks.check(
    "two coins that always agree, and two that ignore each other", hint="all of one bit, or nothing", points=1
):
    agree, ignore = torch.tensor([[0.5, 0.0], [0.0, 0.5]]), torch.full((2, 2), 0.25)
    checks.close(mutual_information(agree), math.log(2), rtol=1e-4)
    checks.close(mutual_information(ignore), 0.0, atol=1e-5)
    checks.close(conditional_entropy(agree), 0.0, atol=1e-5, what="left, if they agree")
    checks.close(conditional_entropy(ignore), math.log(2), rtol=1e-4, what="left, if they do not")
### BEGIN HIDDEN TESTS
rng = checks.rng()


def joint_law(rng, rows, columns):
    """A joint law with a row and a column that never come."""
    raw = rng.tensor(rows, columns, low=0.1, high=1.0) ** 3
    table = torch.zeros(rows + 1, columns + 1)
    table[:rows, 1:] = raw / raw.sum()
    return table


def surprises(weights):
    return -sum(v * math.log(v) for v in weights if v > 0)


cases = [joint_law(rng, *shape) for shape in ((2, 2), (2, 5), (4, 3), (1, 4), (5, 1))]
with checks.check(
    "mutual information of any joint law", hint="0 log 0 is 0; how far from the product of the margins?", points=2
):
    for joint in cases:
        x, y = joint.double().sum(dim=1).tolist(), joint.double().sum(dim=0).tolist()
        right = surprises(x) + surprises(y) - surprises(joint.double().flatten().tolist())
        checks.close(mutual_information(joint), right, rtol=1e-3, atol=1e-5, what=f"shape {tuple(joint.shape)}")
with checks.check("conditional entropy, row by row", hint="each row is a law once it is divided by its sum"):
    for joint in cases:
        right = sum(sum(row) * surprises([v / sum(row) for v in row]) for row in joint.double().tolist() if sum(row))
        checks.close(conditional_entropy(joint), right, rtol=1e-3, atol=1e-5, what=f"shape {tuple(joint.shape)}")
### END HIDDEN TESTS

# %% [markdown]
# For each pixel, the joint law of "is there ink?" and the class, from the training pictures. **Predict** where on the
# paper the pixels are that say most about the digit. How many bits would be enough to name one of ten equally likely
# digits, and how many does a pixel have at most?

# %%
inked = (flat_train > 0.5).float()
classes = F.one_hot(digits.train_y).float()
with_ink = inked.T @ classes / len(classes)  # (784, 10): P(ink, class)
joints = torch.stack([classes.mean(dim=0) - with_ink, with_ink], dim=1).clamp(min=0)
says = torch.tensor([float(mutual_information(joint)) for joint in joints]) / math.log(2)
figure, axis = plt.subplots(figsize=(3.6, 3))
shown = axis.imshow(says.reshape(28, 28), cmap="viridis")
figure.colorbar(shown, label="bits about the digit")
axis.set_axis_off()
best = int(says.argmax())
print(f"the best pixel, row {best // 28}, column {best % 28}: {says[best]:.2f} bits of {math.log2(10):.2f}")
print(
    f"left: {float(conditional_entropy(joints[best])) / math.log(2):.2f} bits; all 784 added up: {says.sum():.0f} bits"
)

# %% [markdown]
# A pixel that is inked in half of the pictures could say one bit; the best says about a third of that. Added up, the
# pixels say many times more than there is to know: neighbours repeat each other, and information is not additive when
# variables depend on each other. Remember that number for section 17.
#
# Even all pixels together may not decide every picture: some digits *are* ambiguous. The lowest error that any
# classifier could reach is called the **Bayes error**.
#
# *Further reading:* Cover and Thomas, sections 2.3 to 2.5; MacKay, *Information Theory, Inference, and Learning
# Algorithms*, chapter 8.
#
# ## 11 · Yes or no
#
# "Is it an eight?" There are four things that can happen: an eight is called one (**true positive**) or missed
# (**false negative**); something else raises a false alarm (**false positive**) or is rightly ignored (**true
# negative**). The **confusion matrix** counts all four: a row for each truth, a column for each answer. (For ten
# classes it has ten rows and columns.) Accuracy adds up the diagonal, and says little where yes is rare: who never
# says "eight" is right nine times out of ten. So one asks:
#
# - **Precision**: of the alarms, which share is right?
# - **Recall**, or true-positive rate: of the eights, which share is found?
# - **False-positive rate**: of all the others, which share raises an alarm?
# - **F-score**: precision and recall in one number, which is low if either is. $F_1$ is their harmonic mean; in
#   $F_\beta = (1 + \beta^2) \frac{P R}{\beta^2 P + R}$ a $\beta$ above 1 makes recall count more.
#
# ### Exercise: four counts, four scores
# difficulty 2/5 · 7 minutes · cards: confusion-matrix, precision, recall, false-positive-rate, f-score
#
# Fill the blanks. `truth` and `says` are tensors (n,) of True and False. There are some of all four kinds.


# %% solution="scores" promises="leaves-inputs"
def scores(truth: torch.Tensor, says: torch.Tensor, beta: float):
    """Precision, recall, false-positive rate and F-score of yes-or-no answers."""
    true_positives = (truth & says).sum()
    false_positives = (~truth & says).sum()  # ? ~truth & says
    false_negatives = (truth & ~says).sum()  # ? truth & ~says
    precision = true_positives / says.sum()  # ? says.sum()
    recall = true_positives / (true_positives + false_negatives)  # ? true_positives + false_negatives
    false_positive_rate = false_positives / (~truth).sum()  # ? (~truth).sum()
    f_score = (1 + beta**2) * precision * recall / (beta**2 * precision + recall)  # ? beta**2 * precision + recall
    return precision, recall, false_positive_rate, f_score


# %% tests="scores" points=4
def examples(rng):
    truth = torch.tensor([True, True, False, False, True, False])
    says = torch.tensor([True, False, True, False, True, False])
    order = rng.permutation(6)
    yield checks.example(scores, {"truth": truth[order], "says": says[order], "beta": 1.0})


def answers(tp, fp, fn, tn, order=None):
    """Truth and answers with these four counts, in some order."""
    truth = torch.tensor([True] * tp + [False] * fp + [True] * fn + [False] * tn)
    says = torch.tensor([True] * (tp + fp) + [False] * (fn + tn))
    order = torch.arange(len(truth)) if order is None else order
    return truth[order], says[order]


with checks.check(
    "three alarms, two of them right, five eights among ten", hint="of which group is each a share?", points=1
):
    checks.close(scores(*answers(2, 1, 3, 4), 1.0), (2 / 3, 2 / 5, 1 / 5, 0.5), rtol=1e-4)
### BEGIN HIDDEN TESTS
rng = checks.rng()
counts = [(3, 5, 11, 7), (8, 1, 2, 30), (1, 9, 4, 2), (6, 2, 5, 12)]
given = [answers(*four, rng.permutation(sum(four))) for four in counts]
with checks.check("precision and recall of any counts", hint="of the alarms; of the eights"):
    for (tp, fp, fn, _), pair in zip(counts, given, strict=True):
        checks.close(scores(*pair, 1.0)[:2], (tp / (tp + fp), tp / (tp + fn)), rtol=1e-4)
with checks.check("false-positive rates", hint="of all that are none"):
    for (_, fp, _, tn), pair in zip(counts, given, strict=True):
        checks.close(scores(*pair, 1.0)[2], fp / (fp + tn), rtol=1e-4)
with checks.check("F-scores for any β", hint="which of the two is multiplied by β² below?"):
    for (tp, fp, fn, _), pair in zip(counts, given, strict=True):
        for beta in (0.5, 1.0, 3.0):
            right = (1 + beta**2) * tp / ((1 + beta**2) * tp + beta**2 * fn + fp)
            checks.close(scores(*pair, beta)[3], right, rtol=1e-4, what=f"β = {beta}")
### END HIDDEN TESTS

# %% [markdown]
# The simple reader of the first picture, asked only about eights. **Predict** how precision and recall change when it
# says "eight" not at a belief of 0.5, but at 0.1.

# %%
eight = digits.valid_y == 8
for threshold in (0.5, 0.25, 0.1):
    precision, recall, rate, f1 = scores(eight, beliefs[:, 8] > threshold, 1.0)
    print(
        f"from {threshold:4}: precision {precision:.2f}   recall {recall:.2f}   false alarms {rate:.3f}   F1 {f1:.2f}"
    )

# %% [markdown]
# *Further reading:* scikit-learn's user guide, "Metrics and scoring".
#
# ### In your own words
# Two to five sentences are enough, here and in the questions of later parts.

# %% [markdown] question="seventy_percent" points=2
# **Seventy percent.** The app said "70 % rain" and it stayed dry. (a) Can one say that it was wrong? (b) Two apps
# have forecast the same 300 days. Describe two ways to find out from these days which is better, and what each of
# them overlooks.
#
# ### BEGIN MARK SCHEME
# - 1 point: not from one day: 30 % is often enough; only a forecast of 0 or 1 can be refuted by a single case.
# - 1 point: mean NLL (or another proper score) of what happened, and calibration (of the days with 70 %, how many
#   were wet); overlooks, for instance: calibration alone is reached by always naming the yearly share; the mean NLL
#   is dominated by a few sure mistakes. Accuracy at a threshold of ½ counts as one way if it is said that it ignores
#   how sure they were.
# - No second point for "count how often each was right" alone.
# ### END MARK SCHEME

# %% [markdown]
# **Now you can** measure doubt, the price of a wrong belief and the information in a pixel, read a perplexity, and
# score answers of yes and no.
