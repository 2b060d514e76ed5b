# %% [markdown]
# ## 5 · One guess after the other
#
# **In this part you will** pass a memory along a text with a recurrent cell and cut its way back, write attention by
# hand, see what its scale is for, forbid it to look ahead, and find the bug behind numbers that are too good.
#
# A **language model** gives a chance to any text $x_1, …, x_T$. It need not know all texts: the chance of a row is a
# product of guesses, each one given all that came before,
#
# $$P(x_1, …, x_T) = \prod_{t=1}^{T} P(x_t \mid x_1, …, x_{t-1})$$
#
# so a machine that guesses the next token is enough. Its loss is the mean of $-\log P(x_t \mid …)$, the cross-entropy
# in **nats** (the unit of the natural logarithm) for each token. The exponential of that is its **perplexity**: a model
# of perplexity 8 is as unsure as if it had to choose among 8 equally likely tokens each time. **Predict** the
# perplexity of the table of letter pairs; guessing blindly has 27.

# %%
chances = (followers + 0.1) / (followers + 0.1).sum(dim=1, keepdim=True)  # no pair is impossible
others = re.sub(r"[^a-z]+", " ", valid_text.lower())
rows = torch.tensor([alphabet.index(letter) for letter in others])
for name, table in (
    ("letters alone", followers.sum(0) / followers.sum() * torch.ones(27, 1)),
    ("letter pairs", chances),
):
    loss = -table[rows[:-1], rows[1:]].log().mean().item()
    reached[name] = loss
    print(f"{name:14} {loss:.3f} nats for each letter, perplexity {math.exp(loss):.1f}")

# %% [markdown]
# Longer tables (what follows *th*, what follows *the*…) soon have more entries than there are letters in all
# libraries. A network that takes a **fixed window** of the last few words and their embeddings can share what it
# learns, but its window ends somewhere. So the idea of the 1980s: keep a **state**, a vector $h$, and change it with
# each token that comes in.
#
# $$h_t = \tanh(x_t W_x + h_{t-1} W_h + b)$$
#
# A **recurrent neural network** (RNN) is this one cell, with the same weights at each step. Drawn step by step
# ("unrolled") it is a network as deep as the text is long. Time and memory grow in proportion to its length, and no
# step can begin before the one before it has ended.
#
# On the way back the slope passes through all the steps as well. For long texts one cuts: **truncated backpropagation
# through time** walks back through a chunk of steps only, and hands the *value* of the state on to the next chunk.
#
# ### Exercise: a cell, and where its way back ends
# difficulty 2/5 · 10 minutes · cards: rnn-cell, truncated-bptt, rnn-cost, teacher-forcing
#
# Fill the blanks. `step(x, h)` is any cell with its loss: it returns the next state and what this step costs, a tensor
# without axes. `inputs` is a list or a tensor with one x for each step. `truncated` adds the slopes of all steps to
# the `.grad` of the parameters that `step` uses, chunk by chunk, each from a loss that is the *sum* of its steps; no
# slope reaches the `h` that it is given.


# %% solution="rnn" promises="leaves-inputs, any-size(a chunk that is not full)"
def cell(x: torch.Tensor, h: torch.Tensor, w_x: torch.Tensor, w_h: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The next state (batch, hidden), from x (batch, features) and the state h (batch, hidden)."""
    return torch.tanh(x @ w_x + h @ w_h + b)  # ? tanh | x @ w_x | h @ w_h


def truncated(step, inputs, h: torch.Tensor, length: int) -> tuple[torch.Tensor, float]:
    """The last state, and the loss of all steps together; slopes walk back through at most length steps."""
    total = 0.0
    for start in range(0, len(inputs), length):  # ? 0, len(inputs), length
        h = h.detach()  # ? h.detach()
        loss = torch.zeros(())
        for x in inputs[start : start + length]:  # ? start : start + length
            h, cost = step(x, h)
            loss = loss + cost  # ? loss + cost
        loss.backward()  # ? backward
        total += loss.item()
    return h.detach(), total


# %% tests="rnn" points=4
def slopes_of(truncated, w, xs, h, length):
    """The last state, the loss and the slope of w, for states h·w + x, each of which costs its sum of squares."""
    w = w.clone().requires_grad_()

    def step(x, h):
        h = h @ w + x
        return h, (h**2).sum()

    first = h.clone().requires_grad_()
    h, total = truncated(step, xs, first, length)
    return h, total, w.grad, first.grad is None


def examples(rng):
    given = {"x": rng.tensor(2, 3), "h": rng.tensor(2, 4), "w_x": rng.tensor(3, 4), "w_h": rng.tensor(4, 4)}
    yield checks.example(cell, given | {"b": rng.tensor(4)})

    def found(w, xs, h):
        return checks.on_student_side(slopes_of, truncated, w, xs, h, 2)[:3]

    one = {"w": torch.ones(1, 1), "xs": torch.ones(3, 1, 1), "h": torch.zeros(1, 1)}
    yield checks.example(found, one, size="a chunk that is not full", right=([[3.0]], 14.0, [[16.0]]))


with checks.check("one step, by hand", hint="tanh of x · 2 + h · 3 + 1"):
    given = [torch.tensor([[number]]) for number in (0.5, -1.0, 2.0, 3.0)]
    checks.close(cell(*given, torch.tensor([1.0])), [[math.tanh(-1.0)]])
with checks.check("chunks of one step", hint="states 1, 2, 3 from h·w + 1: each slope is 2 · state · (state before)"):
    got = checks.on_student_side(slopes_of, truncated, torch.ones(1, 1), torch.ones(3, 1, 1), torch.zeros(1, 1), 1)
    checks.close(got[1], 14.0, what="loss")
    checks.close(got[2], [[16.0]], what="slope")


### BEGIN HIDDEN TESTS
def walked(w, xs, h, length):
    """The same by carrying derivatives along, forwards: how each state moves with each entry of w."""
    w, h, total, slope = w.double(), h.double(), 0.0, torch.zeros_like(w, dtype=torch.float64)
    for place, x in enumerate(xs.double()):
        if place % length == 0:
            moves = torch.zeros(*w.shape, *h.shape, dtype=torch.float64)
        moves = moves @ w
        for i in range(len(w)):
            for j in range(len(w)):
                moves[i, j, :, j] += h[:, i]
        h = h @ w + x
        total += float((h**2).sum())
        slope += (moves * 2 * h).sum(dim=(2, 3))
    return h, total, slope


rng = checks.rng()
with checks.check("cells of any size", hint="what comes in, what was there, and the bias; then tanh"):
    for batch, features, hidden in ((3, 2, 5), (1, 4, 1), (6, 1, 3)):
        x, h, w_x, w_h = rng.tensor(batch, features), rng.tensor(batch, hidden), rng.tensor(features, hidden), None
        w_h, b = rng.tensor(hidden, hidden), rng.tensor(hidden)
        right = nn.RNNCell(features, hidden)
        right.load_state_dict({"weight_ih": w_x.T, "weight_hh": w_h.T, "bias_ih": b, "bias_hh": torch.zeros(hidden)})
        checks.close(cell(x, h, w_x, w_h, b), right(x, h).detach(), rtol=1e-4, atol=1e-5)
with checks.check("chunks of any length", hint="at the start of each chunk the state is a value without a past"):
    for steps, length in ((7, 3), (6, 2), (5, 1), (4, 9), (8, 4)):
        w, xs, h = 0.7 * rng.tensor(3, 3), rng.tensor(steps, 2, 3), rng.tensor(2, 3)
        got = checks.on_student_side(slopes_of, truncated, w, xs, h, length)
        checks.true(got[3], "no slope should reach the state that truncated is given")
        for found, right, name in zip(got[:3], walked(w, xs, h, length), ("last state", "loss", "slope"), strict=True):
            checks.close(found, right, rtol=1e-3, atol=1e-4, what=f"{name} ({steps} steps by {length})")
### END HIDDEN TESTS

# %% [markdown]
# Cutting loses something: what happened before the chunk can no longer be blamed. How much is that? Below, a fresh
# cell reads sixty steps. **Predict** how large the slope of the last state is with respect to a state that is 1, 10,
# 50 steps back.


# %%
def reach(gain, steps=60, hidden=64):
    """The norms of the slopes of the last state with respect to all states before."""
    generator = torch.Generator().manual_seed(0)
    draw = lambda *shape: torch.randn(*shape, generator=generator)
    w_x, w_h, states = draw(8, hidden) / 8**0.5, gain * draw(hidden, hidden) / hidden**0.5, []
    states.append(torch.zeros(16, hidden).requires_grad_())
    for _ in range(steps):
        states.append(cell(0.3 * draw(16, 8), states[-1], w_x, w_h, torch.zeros(hidden)))
    slopes = torch.autograd.grad((states[-1] * draw(16, hidden)).sum(), states)
    return [slope.norm().item() for slope in slopes][::-1]


plt.figure(figsize=(6, 3))
for gain in (0.5, 0.9, 1.2, 2.0):
    plt.semilogy(reach(gain), label=f"W_h scaled by {gain}")
plt.gca().set(xlabel="steps back", ylabel="norm of the slope")
plt.legend(fontsize=8)
plt.tight_layout()

# %% [markdown]
# The same story as with deep networks (lesson 03): one factor for each step, so slopes vanish or explode, and a word
# fifty steps back leaves hardly a trace in what is learnt. The **LSTM** (Hochreiter and Schmidhuber, 1997) carries a
# second state that is *added to* instead of being rewritten, with gates that say what to write, what to show
# and (since 2000) what to forget: a shortcut through time, as ResNet's is through depth. It helps a great deal. But
# still everything has to fit into one vector.
#
# RNNs come in all shapes: **many to one** reads a review and says whether it is a good one (sentiment), many to many
# tags each word (is it a name?), two of them in opposite directions (**bidirectional**) also know what follows, and
# an **encoder–decoder** (sequence to sequence) reads a sentence into its last state, from which a second RNN writes
# the translation. While such a decoder is trained, it is given the *right* token before, not the one that it guessed:
# **teacher forcing**.
#
# *Further reading:* Goodfellow, Bengio, Courville, *Deep Learning*, chapter 10; Sutskever, Vinyals, Le, "Sequence to
# Sequence Learning with Neural Networks" (2014), arXiv 1409.3215.
#
# ## 6 · Look it up instead
#
# A sentence of sixty words squeezed into one vector: translations got worse with length. The way out (Bahdanau, Cho
# and Bengio, 2014): keep *all* the states of the encoder, and let the decoder look at them again for each word that
# it writes. Where to look is computed: a score for each state, a softmax, and a weighted mean, the **context
# vector**. That is **attention**.
#
# Think of a dictionary with a soft look-up. What I am looking for is a **query** $q$. Each place has a **key** $k_j$,
# which says what can be found there, and a **value** $v_j$, which is what one gets. The score is how well key and
# query fit:
#
# $$\text{Attention}(Q, K, V) = \text{softmax}\Bigl(\frac{Q K^\top}{\sqrt{d}}\Bigr) V$$
#
# There is one row of weights for each query, and each row adds up to 1. Queries that must not look at some places get
# a **mask**: a score of $-\infty$ becomes a weight of exactly 0.
#
# ### Exercise: attention by hand
# difficulty 3/5 · 12 minutes · cards: attention, query-key-value, context-vector, attention-scale
#
# Write it. Everything before the last two axes is a batch of any shape. `mask` is boolean and broadcasts to (…,
# queries, keys): True where a query *may* look. There is a key for each query to look at. Scores may be as
# large as 1,000.
#
# hint: `keys.transpose(-1, -2)` swaps the last two axes, whatever stands before them. Which axis of the scores do the
# weights add up along?


# %% solution="attention" promises="leaves-inputs, differentiable(queries, keys, values), any-float, tensors"
# promises: any-size(one query), by-hand(scaled_dot_product_attention)
def attention(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, mask: torch.Tensor | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """What each query finds (…, queries, v) and its weights (…, queries, keys)."""
    ### BEGIN SOLUTION
    scores = queries @ keys.transpose(-1, -2) / queries.shape[-1] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    weights = scores.softmax(dim=-1)
    return weights @ values, weights
    ### END SOLUTION


# %% tests="attention" points=5
def examples(rng):
    given = {"queries": rng.tensor(2, 3, 4), "keys": rng.tensor(2, 5, 4), "values": rng.tensor(2, 5, 2)}
    yield checks.example(attention, given)
    seen = torch.tensor([[True, True, False, True, False]])
    yield checks.example(attention, given | {"mask": seen})
    one = {"queries": torch.ones(1, 2), "keys": torch.eye(2), "values": torch.tensor([[1.0], [3.0]])}
    yield checks.example(attention, one, size="one query", right=([[2.0]], [[0.5, 0.5]]))


def looked_up(queries, keys, values, mask):
    """One query after the other, in doubles."""
    queries, keys, values = queries.double(), keys.double(), values.double()
    rows, shares = [], []
    for query, seen in zip(queries, mask, strict=True):
        scores = [float(query @ key) / len(query) ** 0.5 for key in keys]
        top = max(score for score, may in zip(scores, seen, strict=True) if may)
        powers = [math.exp(score - top) if may else 0.0 for score, may in zip(scores, seen, strict=True)]
        shares.append([power / sum(powers) for power in powers])
        rows.append(sum(share * value for share, value in zip(shares[-1], values, strict=True)))
    return torch.stack(rows), torch.tensor(shares, dtype=torch.float64)


with checks.check("two places", hint="scores log 3 and 0 after the division by the root of 4: weights 3/4 and 1/4"):
    queries, keys = torch.tensor([[1.0, 0.0, 0.0, 0.0]]), torch.tensor([[2 * math.log(3), 9.0, 9.0, 9.0], [0.0] * 4])
    found, weights = attention(queries, keys, torch.tensor([[4.0, 0.0], [0.0, 8.0]]))
    checks.close(weights, [[0.75, 0.25]], what="weights")
    checks.close(found, [[3.0, 2.0]], what="found")
### BEGIN HIDDEN TESTS
rng = checks.rng()
sizes = [(4, 5, 3, 2), (1, 1, 1, 1), (3, 2, 8, 5), (2, 7, 16, 1)]
with checks.check(
    "any sizes", hint="scores by the root of the length of a query, a softmax over the keys, a mean of values"
):
    for q, k, d, v in sizes:
        given = 2 * rng.tensor(q, d), 2 * rng.tensor(k, d), 2 * rng.tensor(k, v)
        everything = torch.ones(q, k, dtype=torch.bool)
        for got, right in zip(attention(*given), looked_up(*given, everything), strict=True):
            checks.close(got, right, rtol=1e-4, atol=1e-5, what=f"{q} queries, {k} keys")
with checks.check("batches of any shape", hint="count axes from the end: -1 and -2"):
    for shape in ((3,), (2, 2), (2, 1, 3)):
        given = [rng.tensor(*shape, *last) for last in ((3, 4), (5, 4), (5, 2))]
        found, weights = (one.flatten(0, len(shape) - 1) for one in map(checks.doubles, attention(*given)))
        for place, one in enumerate(zip(*(part.flatten(0, len(shape) - 1) for part in given), strict=True)):
            right = looked_up(*one, torch.ones(3, 5, dtype=torch.bool))
            checks.close(found[place], right[0], rtol=1e-4, atol=1e-5)
            checks.close(weights[place], right[1], rtol=1e-4, atol=1e-5)
with checks.check("masks", hint="True may look; the rest gets no weight at all, and the others share all of it"):
    for q, k, d, v in [*sizes, (6, 6, 2, 2)]:
        given = 2 * rng.tensor(q, d), 2 * rng.tensor(k, d), 2 * rng.tensor(k, v)
        mask = rng.integers(q, k, low=0, high=1).bool()
        mask[:, rng.integer(0, k - 1)] = True
        for got, right in zip(attention(*given, mask), looked_up(*given, mask), strict=True):
            checks.close(got, right, rtol=1e-4, atol=1e-5)
    given, row = (rng.tensor(2, 3, 4), rng.tensor(2, 5, 4), rng.tensor(2, 5, 2)), torch.tensor([[1, 0, 1, 1, 0]]).bool()
    checks.close(attention(*given, row)[1].sum(dim=1)[:, [1, 4]], torch.zeros(2, 2), what="where nobody may look")
with checks.check("scores of a thousand", hint="torch's softmax takes the largest away first"):
    given = torch.tensor([[1024.0], [-1024.0]]), torch.tensor([[1.0], [1 - 1 / 1024]]), torch.tensor([[1.0], [0.0]])
    share = 1 / (1 + math.exp(-1))  # of two scores that differ by one
    checks.close(attention(*given)[0], [[share], [1 - share]], rtol=1e-4)
    checks.close(attention(*given, torch.tensor([[True, False]]))[0], [[1.0], [1.0]], what="with a mask")
    keys = torch.tensor([[1.0], [0.0], [-1.0]])
    got = attention(torch.tensor([[1000.0], [-1000.0]]), keys, keys + 7, torch.tensor([[False, True, False]]))
    checks.close(got[0], [[7.0]] * 2, what="found, with a mask that hides the scores of a thousand")
    checks.close(got[1], [[0.0, 1.0, 0.0]] * 2, what="weights, with a mask that hides the scores of a thousand")
### END HIDDEN TESTS

# %% [markdown]
# A soft look-up at work. Eight pairs of (letter, number) are stored, the keys are random vectors for the letters, and
# the queries are the vectors of the letters wanted, with noise. On the right: the same with longer and longer
# vectors, **without** the $\sqrt d$. **Predict** what happens to the weights.

# %%
torch.manual_seed(0)
figure, axes = plt.subplots(1, 4, figsize=(11, 2.8))
for axis, d, scaled in zip(axes, (64, 4, 64, 1024), (True, False, False, False), strict=True):
    keys = torch.randn(8, d)
    queries = 0.5 * keys[[4, 0, 6]] + torch.randn(3, d)
    weights = attention(queries * (1.0 if scaled else d**0.5), keys, torch.arange(8.0)[:, None])[1]
    heat(axis, weights, "EAG", "ABCDEFGH", f"d = {d}" + (", scaled" if scaled else ", not scaled"), vmin=0, vmax=1)
axes[0].set(ylabel="query", xlabel="key")
figure.tight_layout()

# %% [markdown]
# The dot product of two random vectors with $d$ entries of variance 1 has variance $d$. So without the root the
# scores grow with $d$, the softmax becomes a hard choice, and where it is hard its slopes are nearly zero: nothing is
# learnt. With the root the scores have variance 1 at the start, and the model can still make its choices hard later,
# by longer queries.
#
# ## 7 · No looking ahead
#
# In **self-attention** the queries, keys and values all come from the same text: each token asks all tokens. A
# language model must not, though. It is asked at all places at once, and at each the answer stands one place to the
# right. So place $i$ may look at places up to $i$ only: **causal** attention, also called unidirectional. (BERT's is
# bidirectional: it fills in gaps, and may look both ways.)
#
# ### Exercise: a causal mask
# difficulty 1/5 · 5 minutes · cards: causal-mask, self-attention
#
# Fill the blanks: scores of the future become $-\infty$, all others stay.


# %% solution="causal" promises="leaves-inputs, differentiable(scores), any-float, tensor, any-size(one token)"
def causal(scores: torch.Tensor) -> torch.Tensor:
    """The scores (…, seq, seq), with minus infinity wherever a query (row) would look at a later key (column)."""
    seq = scores.shape[-1]
    past = torch.ones(seq, seq, dtype=torch.bool).tril()  # ? seq, seq | tril
    return torch.where(past, scores, -math.inf)  # ? where | past, scores, -math.inf


# %% tests="causal" points=3
def examples(rng):
    shown = lambda scores: causal(scores).exp()  # e to the power of minus infinity is 0, with a slope
    yield checks.example(shown, {"scores": rng.tensor(2, 3, 3)})
    yield checks.example(shown, {"scores": torch.tensor([[0.0]])}, size="one token", right=[[1.0]])


with checks.check("three tokens", hint="the first sees itself alone, the last sees all"):
    checks.close(causal(torch.ones(3, 3)).softmax(-1), [[1, 0, 0], [0.5, 0.5, 0], [1 / 3, 1 / 3, 1 / 3]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("the past stays as it was", hint="on the diagonal each token sees itself"):
    for shape in ((5, 5), (2, 4, 4), (2, 3, 6, 6)):
        scores = 9 * rng.tensor(*shape)
        checks.close(checks.doubles(causal(scores)).tril().nan_to_num(0, 0, 0), scores.tril(), what=f"shape {shape}")
with checks.check("the future has no weight at all", hint="minus infinity, not zero and not a large number"):
    for shape in ((5, 5), (2, 4, 4), (2, 3, 6, 6)):
        got = checks.doubles(causal(9 * rng.tensor(*shape)))
        later = torch.ones(shape[-1], shape[-1]).triu(1).bool()
        checks.true(bool((got[..., later] == -math.inf).all()), f"some of the future can be seen, shape {shape}")
### END HIDDEN TESTS

# %%
torch.manual_seed(0)
x = torch.randn(6, 16)
figure, axes = plt.subplots(1, 2, figsize=(6, 2.8))
sentence = ["we", "write", "one", "word", "after", "another"]
scores = x @ torch.randn(16, 16) @ x.T / 16
heat(axes[0], scores.softmax(-1), sentence, sentence, "both ways", vmin=0, vmax=1)
heat(axes[1], causal(scores).softmax(-1), sentence, sentence, "causal", vmin=0, vmax=1)
for axis in axes:
    axis.tick_params(axis="x", rotation=45)
figure.tight_layout()

# %% [markdown]
# The mask makes training cheap: one pass through a text of 64 tokens gives 64 guesses, none of which has seen its
# answer, and no step has to wait for another. That is what RNNs could not do.
#
# ### Exercise: too good to be true
# difficulty 3/5 · 10 minutes · cards: leaking-mask
#
# A colleague trains a language model with the attention below. It is a sensation: 0.1 nats for each token within
# minutes, on texts that it was not trained on as well. Then she lets it write, and it writes rubbish. Nothing is
# wrong with her data, her loss or her sampling. There is **one** mistake. Find it and repair it.
#
# hint: What would a model have to know to be that good? Try x of three tokens, change the last one, and look which
# outputs move.


# %% solution="leaky" promises="leaves-inputs, differentiable(x, w_q, w_k, w_v), tensor, any-size(one token)"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    """Causal attention of one head: (batch, seq, d_model) to (batch, seq, d_head)."""
    ### BEGIN SOLUTION
    #! queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    #! scores = queries @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    #! seen = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).tril(diagonal=1)
    #! weights = scores.masked_fill(~seen, -math.inf).softmax(dim=-1)
    #! return weights @ values
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    scores = queries @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    seen = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).tril()
    weights = scores.masked_fill(~seen, -math.inf).softmax(dim=-1)
    return weights @ values
    ### END SOLUTION


# %% tests="leaky" points=4
def examples(rng):
    yield checks.example(
        causal_head, {"x": rng.tensor(2, 3, 4)} | {name: rng.tensor(4, 3) for name in ("w_q", "w_k", "w_v")}
    )
    w = torch.tensor([[3.0]])
    alone = lambda x: causal_head(x, w, w, w)
    yield checks.example(alone, {"x": torch.tensor([[[2.0]]])}, size="one token", right=[[[6.0]]])


with checks.check("the second token changes, the first output stays", hint="what may place 0 look at?", points=1):
    one = torch.ones(1, 1)
    checks.close(causal_head(torch.tensor([[[1.0], [5.0]]]), one, one, one)[:, 0], [[1.0]])
### BEGIN HIDDEN TESTS
rng = checks.rng()


def one_place(x, w_q, w_k, w_v):
    """Place by place, from what came before and itself."""
    q, k, v = (x.double() @ w.double() for w in (w_q, w_k, w_v))
    rows = []
    for text in range(len(x)):
        for place in range(x.shape[1]):
            weights = (k[text, : place + 1] @ q[text, place] / q.shape[-1] ** 0.5).softmax(0)
            rows.append(weights @ v[text, : place + 1])
    return torch.stack(rows).reshape(v.shape)


with checks.check("any texts", hint="a place sees itself and all places before it, and nothing else", points=3):
    for batch, seq, d_model, d_head in ((2, 4, 3, 5), (1, 7, 2, 2), (3, 2, 6, 1), (2, 3, 4, 16)):
        given = 2 * rng.tensor(batch, seq, d_model), *(rng.tensor(d_model, d_head) for _ in range(3))
        checks.close(causal_head(*given), one_place(*given), rtol=1e-3, atol=1e-4, what=f"{seq} tokens")
### END HIDDEN TESTS

# %%
torch.manual_seed(0)
x, matrices = torch.randn(1, 8, 16), [torch.randn(16, 16) / 4 for _ in range(3)]
moved = torch.stack(
    [
        (causal_head(x + (torch.arange(8) == place)[None, :, None], *matrices) - causal_head(x, *matrices))
        .abs()
        .sum(-1)[0]
        for place in range(8)
    ]
)
figure, axis = plt.subplots(figsize=(3.6, 3))
heat(axis, moved > 1e-6, range(8), range(8), "dark: this output (column) moves")
axis.set(ylabel="token that is changed")
figure.tight_layout()

# %% [markdown]
# A picture to draw for each model that you build: nothing below the diagonal may move. With the mistake, place $i$
# could see token $i + 1$, which is its answer, so the model learnt to copy it. In training and in checking the answer
# is there; when it writes, it is not.
#
# **Now you can** say what perplexity measures, train a recurrent cell in chunks, write attention from its formula and
# explain its root, hide the future from it, and tell a good loss from one that is too good.
#
# *Further reading:* Bahdanau, Cho, Bengio, "Neural Machine Translation by Jointly Learning to Align and Translate"
# (2014), arXiv 1409.0473; Vaswani et al., "Attention Is All You Need" (2017), arXiv 1706.03762, section 3.2 and its
# footnote on the root.
