# %% [markdown]
# ## 14 · From chances to text
#
# **In this part you will** turn logits into text: by the likeliest token, with more or less courage, without
# stammering, from the head of the distribution only, and by a search for the best sentence.
#
# Your GPT gives logits for the next token. What now? **Greedy**: take the largest. **Sampling**: draw, with the
# chances of the softmax. Between them turns a knob: divide the logits by a **temperature**. Below 1 the likely
# becomes likelier, above 1 the unlikely gets its chance. **Predict** the limits for a temperature near 0 and for a
# very large one:

# %%
logits = torch.tensor([2.0, 1.0, 0.0, -1.0])
for temperature in (0.1, 0.5, 1.0, 2.0, 100.0):
    print(f"{temperature:6}", (logits / temperature).softmax(0).numpy().round(3))

# %% [markdown]
# Greedy writing soon goes round in circles. A **frequency penalty** takes something off the logit of each token, for
# each time that it has been written already.
#
# ### Exercise: three knobs
# difficulty 2/5 · 8 minutes · cards: greedy, temperature, frequency-penalty, bincount-penalty
#
# Fill the blanks. Logits are (…, tokens) in the first two, (tokens,) in the third, where `ids` (n,) is all that was
# written so far.


# %% solution="knobs" promises="leaves-inputs, tensor, any-size(nothing written yet)"
def greedy(logits: torch.Tensor) -> torch.Tensor:
    """The likeliest token at each place (…)."""
    return logits.argmax(dim=-1)  # ? argmax | dim=-1


def at_temperature(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    """The logits at this temperature."""
    return logits / temperature  # ? logits / temperature


def penalised(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    """The logits, less the penalty for each time that a token occurs among ids."""
    counts = torch.bincount(ids, minlength=len(logits))  # ? bincount | minlength=len(logits)
    return logits - penalty * counts  # ? penalty * counts


# %% tests="knobs" points=4
def examples(rng):
    yield checks.example(greedy, {"logits": rng.tensor(2, 5)})
    yield checks.example(at_temperature, {"logits": rng.tensor(2, 5), "temperature": 0.7})
    yield checks.example(penalised, {"logits": rng.tensor(5), "ids": torch.tensor([2, 0, 2]), "penalty": 0.5})
    none = {"logits": torch.tensor([1.0, 2.0]), "ids": torch.zeros(0, dtype=torch.long), "penalty": 3.0}
    yield checks.example(penalised, none, size="nothing written yet", right=[1.0, 2.0])


with checks.check("token 1, written twice", hint="twice the penalty for token 1, nothing for the rest"):
    checks.equal(greedy(torch.tensor([[0.0, 3.0, 1.0], [5.0, 0.0, 1.0]])), [1, 0])
    checks.close(penalised(torch.tensor([4.0, 4.0, 4.0]), torch.tensor([1, 1]), 1.5), [4.0, 1.0, 4.0])
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("the likeliest token at each place", hint="along the last axis"):
    for shape in ((7,), (3, 5), (2, 3, 4)):
        logits = rng.tensor(*shape)
        right = [max(range(shape[-1]), key=row.__getitem__) for row in logits.reshape(-1, shape[-1]).tolist()]
        checks.equal(greedy(logits), torch.tensor(right).reshape(shape[:-1]).tolist(), what=f"shape {shape}")
with checks.check("temperatures", hint="chances to the power 1 / temperature, and shared out again"):
    for temperature in (0.01, 0.5, 1.0, 2.0, 30.0):
        logits = 3 * min(1, temperature) * rng.tensor(2, 6)
        powers = logits.double().softmax(-1) ** (1 / temperature)
        got = checks.doubles(at_temperature(logits, temperature)).softmax(-1)
        checks.close(
            got, powers / powers.sum(-1, keepdim=True), rtol=1e-3, atol=1e-6, what=f"temperature {temperature}"
        )
with checks.check(
    "penalties", hint="each time counts, for every token of the vocabulary, also for those never written"
):
    for tokens, length, penalty in ((6, 20, 0.3), (9, 3, -1.0), (4, 50, 2.0), (30, 5, 1.0)):
        logits, ids = rng.tensor(tokens), rng.integers(length, low=0, high=tokens - 1)
        right = [value - penalty * ids.tolist().count(token) for token, value in enumerate(logits.tolist())]
        checks.close(penalised(logits, ids, penalty), right, rtol=1e-4, atol=1e-5)
### END HIDDEN TESTS

# %% [markdown]
# Your model writes. Each line is one setting; all begin with the same two words. **Predict** how greedy writing ends.


# %%
@torch.no_grad()
def write(choose, start="We can", length=50, seed=0):
    """The text after `start`; choose(logits, ids) returns the logits from which the next token is drawn."""
    ids, generator = as_ids(start), torch.Generator().manual_seed(seed)
    for _ in range(length):
        logits = choose(gpt(ids[None, -64:])[0, -1], ids)
        ids = torch.cat([ids, torch.multinomial(logits.softmax(0), 1, generator=generator)])
    return "".join(vocabulary[token] for token in ids).replace("\n", " ")


pieces |= {word: encode(word, merges) for word in ("We", " can")}
print("greedy:     ", write(lambda logits, ids: at_temperature(logits, 1e-4)))
print("with penalty:", write(lambda logits, ids: at_temperature(penalised(logits, ids[-30:], 1.0), 1e-4)))
for temperature in (0.5, 1.0, 2.0):
    print(f"at {temperature}:     ", write(lambda logits, ids, t=temperature: at_temperature(logits, t)))

# %% [markdown]
# It writes! Not sense, but the words and commas of this course. At 0.5 it is nearly fluent, and a bore; at 2 it falls
# apart.
#
# ## 15 · Only the head of the distribution
#
# Why does it fall apart? There are hundreds of unlikely tokens, each with a tiny chance, but all together they are
# drawn often; and one wrong token spoils what follows. So cut the tail off.
#
# - **top-k** keeps the k likeliest tokens. But where one token is nearly certain, k = 40 lets 39 bad ones in, and
#   where a hundred are good, it throws sixty away.
# - **top-p**, or **nucleus**, sampling keeps as few of the likeliest tokens as are needed for their chances to add up
#   to at least p. The nucleus grows and shrinks with the model's doubt.
#
# What is cut off gets the logit $-\infty$, so that temperature and softmax go on as usual.
#
# ### Exercise: cut off the tail
# difficulty 3/5 · 15 minutes · cards: top-k, top-p, nucleus-or-k
#
# Write both, for logits (…, tokens). k is at least 1; if it is larger than the vocabulary, all tokens are kept. p may
# be 0: the likeliest token always stays. (Of equal logits at the border you may keep any, or all.)
#
# hint: `torch.sort` along the last axis gives values and places. In the sorted row, a token belongs to the nucleus as
# long as the chances of those *before* it add up to less than p. The first one always does.
#
# hint: `scatter` brings values from sorted places back to where they were.


# %% solution="tails" promises="leaves-inputs, any-float, tensor, any-size(one token)"
def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:
    """The logits, with minus infinity for all but the k largest of each row."""
    ### BEGIN SOLUTION
    best = logits.topk(min(k, logits.shape[-1]), dim=-1)
    return torch.full_like(logits, -math.inf).scatter(-1, best.indices, best.values)
    ### END SOLUTION


def top_p(logits: torch.Tensor, p: float) -> torch.Tensor:
    """The logits, with minus infinity outside the nucleus: the fewest likeliest tokens with chances of at least p in all."""
    ### BEGIN SOLUTION
    ordered, places = logits.sort(dim=-1, descending=True)
    chances = ordered.softmax(dim=-1)
    before = chances.cumsum(dim=-1) - chances
    first = torch.arange(logits.shape[-1]) == 0
    cut = ordered.masked_fill((before >= p) & ~first, -math.inf)
    return torch.empty_like(logits).scatter(-1, places, cut)
    ### END SOLUTION


# %% tests="tails" points=5
def examples(rng):
    few = lambda logits, k: top_k(logits, k).exp()  # e to the power of minus infinity is 0
    head = lambda logits, p: top_p(logits, p).exp()
    yield checks.example(few, {"logits": rng.tensor(2, 5), "k": 2})
    yield checks.example(head, {"logits": rng.tensor(2, 5), "p": 0.6})
    yield checks.example(few, {"logits": torch.tensor([0.0]), "k": 4}, size="one token", right=[1.0])
    yield checks.example(head, {"logits": torch.tensor([0.0]), "p": 0.1}, size="one token", right=[1.0])


with checks.check("four tokens", hint="of the chances 0.1, 0.5, 0.15 and 0.25 the two largest add up to 0.75"):
    logits, cut = torch.tensor([0.1, 0.5, 0.15, 0.25]).log(), -math.inf
    checks.close(top_k(logits, 1), [cut, math.log(0.5), cut, cut])
    checks.close(top_p(logits, 0.7), [cut, math.log(0.5), cut, math.log(0.25)])


### BEGIN HIDDEN TESTS
def kept_of(row, many):
    """The row with minus infinity for all but so many of its largest."""
    border = sorted(row, reverse=True)[:many]
    return [value if value in border else -math.inf for value in row]


def nucleus(row, p):
    """How many tokens the nucleus has."""
    chances, total = sorted(torch.tensor(row).double().softmax(0).tolist(), reverse=True), 0.0
    for many, chance in enumerate(chances, 1):
        total += chance
        if total >= p:
            return many
    return len(chances)


def compared(got, logits, right):
    """Fails unless the rows are right."""
    rows = checks.doubles(got).reshape(-1, logits.shape[-1]).tolist()
    for row, expected in zip(rows, right, strict=True):
        checks.equal([value > -math.inf for value in row], [value > -math.inf for value in expected], what="kept")
        checks.close(row, expected, rtol=1e-5, atol=1e-5)


rng = checks.rng()
shapes = ((8,), (3, 6), (2, 2, 5))
with checks.check("the k largest of any rows", hint="each row has a border of its own; what is kept stays as it was"):
    for shape in shapes:
        for k in (1, 3, shape[-1], 50):
            logits = (rng.permutation(math.prod(shape)).float() - 6).reshape(shape)
            compared(top_k(logits, k), logits, [kept_of(row, k) for row in logits.reshape(-1, shape[-1]).tolist()])
with checks.check("nuclei of any rows", hint="the token with which the sum reaches p still belongs to it", points=2):
    for shape in shapes:
        for p in (0.2, 0.55, 0.83, 0.97):
            logits = 0.37 * (rng.permutation(math.prod(shape)).float() - 6).reshape(shape)
            rows = logits.reshape(-1, shape[-1]).tolist()
            compared(top_p(logits, p), logits, [kept_of(row, nucleus(row, p)) for row in rows])
with checks.check("the ends: p of 0, and a model that is sure", hint="the likeliest token always stays"):
    compared(top_p(torch.tensor([1.0, 3.0, 2.0]), 0.0), torch.zeros(3), [[-math.inf, 3.0, -math.inf]])
    compared(top_p(torch.tensor([[0.0, 50.0], [2.0, 1.0]]), 0.9), torch.zeros(2), [[-math.inf, 50.0], [2.0, 1.0]])
    half = [0.0, math.log(2), 0.0]  # chances of a quarter, a half and a quarter: one token is enough for a half
    compared(top_p(torch.tensor(half), 0.5), torch.zeros(3), [[-math.inf, half[1], -math.inf]])
### END HIDDEN TESTS

# %%
for name, cut in (("top-k 10", lambda logits: top_k(logits, 10)), ("top-p 0.8", lambda logits: top_p(logits, 0.8))):
    print(f"{name:10}", write(lambda logits, ids, cut=cut: cut(logits)))
with torch.no_grad():
    sizes = (top_p(gpt(valid_ids[None, :64])[0], 0.8) > -math.inf).sum(dim=-1)
print(
    f"tokens in the nucleus of 0.8: between {sizes.min()} and {sizes.max()}, half of the time at most {sizes.median()}"
)

# %% [markdown]
# *Further reading:* Holtzman et al., "The Curious Case of Neural Text Degeneration" (2019), arXiv 1904.09751, which
# proposed the nucleus.
#
# ## 16 · The best sentence
#
# Translators do not want variety but the likeliest sentence. Greedy does not find it: a good first word may
# lead nowhere. All sentences cannot be tried. **Beam search** keeps the `width` best beginnings, extends each by
# every token, and keeps the best `width` of those. Chances are multiplied, so their *logarithms* are added (products
# of many chances would be too small for a float).
#
# Each token makes a sentence less likely, so the search would prefer short ones. Hence scores are **normalised by
# length**: $\frac{1}{n^{\alpha}} \sum \log P$, for the $n$ tokens written, with an $\alpha$ from 0 (no correction) to
# 1 (mean for each token); 0.7 is a common choice.
#
# ### Exercise: beam search
# difficulty 5/5 · 25 minutes · cards: beam-search, beam-logs, length-normalisation, beam-width
#
# `log_chances(ids)` takes the tuple of all tokens so far and returns log-probabilities (tokens,). Begin with `start`.
# In each of `steps` rounds, at least one:
#
# - a beam that has written `end` is finished, and stays a candidate as it is; every other beam becomes one candidate
#   for each token;
# - of all the candidates, the `width` with the best scores go on.
#
# Return the tokens of the best beam in the end, finished or not, `start` included. ($n$ counts what was written after
# `start`, `end` included; an `end` within `start` does not count.)
#
# hint: Keep for each beam its tokens and the sum of its logarithms; compute the score only to compare.


# %% solution="beam" promises="leaves-inputs, any-size(one step)"
def beam_search(log_chances, start: tuple[int, ...], width: int, steps: int, end: int, alpha: float) -> tuple[int, ...]:
    """The tokens of the beam with the best sum of logarithms, divided by n to the power alpha."""
    ### BEGIN SOLUTION
    score = lambda beam: beam[1] / (len(beam[0]) - len(start)) ** alpha
    beams = [(tuple(start), 0.0)]
    for _ in range(steps):
        candidates = []
        for ids, total in beams:
            if len(ids) > len(start) and ids[-1] == end:
                candidates.append((ids, total))
            else:
                extras = enumerate(log_chances(ids).tolist())
                candidates += [((*ids, token), total + extra) for token, extra in extras]
        beams = sorted(candidates, key=score, reverse=True)[:width]
    return beams[0][0]
    ### END SOLUTION


# %% tests="beam" points=6
def searched(beam_search, table, start, width, steps, end, alpha):
    """A search in a model that knows the last two tokens: table is (tokens, tokens, tokens), of log-probabilities."""
    return tuple(beam_search(lambda ids: table[ids[-2], ids[-1]], start, width, steps, end, alpha))


def examples(rng):
    def found(start, width, steps, alpha):
        return checks.on_student_side(searched, beam_search, table, start, width, steps, 0, alpha)

    table = 3 * rng.tensor(3, 3, 3).log_softmax(-1)
    yield checks.example(found, {"start": (1, 2), "width": 2, "steps": 3, "alpha": 0.7})
    sure = torch.tensor([0.1, 0.2, 0.7]).log().expand(3, 3, 3)
    table = sure
    yield checks.example(
        found, {"start": (1, 2), "width": 2, "steps": 1, "alpha": 0.7}, size="one step", right=(1, 2, 2)
    )


def promising(last):
    """Token 1 looks best at first; but token 2 is followed by something sure."""
    table = torch.full((4, 4, 4), 0.25)
    table[:, 3] = torch.tensor([0.0, 0.55, 0.45, 0.0])
    table[:, 1] = torch.tensor([0.4, 0.2, 0.2, 0.2])
    table[:, 2] = torch.tensor([0.9, last, 0.1 - last, 0.0])
    return table.clamp(min=1e-9).log()


with checks.check("greedy with one beam, better with two", hint="0.55 · 0.4 is less than 0.45 · 0.9"):
    given = beam_search, promising(0.05), (3, 3)
    checks.equal(checks.on_student_side(searched, *given, 1, 2, 0, 0.0), (3, 3, 1, 0), what="one beam")
    checks.equal(checks.on_student_side(searched, *given, 2, 2, 0, 0.0), (3, 3, 2, 0), what="two beams")


### BEGIN HIDDEN TESTS
def clear_best(rng, start, steps, end, alpha):
    """A model where one sentence, found by trying every one, is the best by more than rounding, and that sentence."""
    while True:
        table = (4 * rng.tensor(3, 3, 3)).log_softmax(-1)
        ended, open_ones = [], [(start, 0.0)]
        for _ in range(steps):
            longer = [
                ((*ids, t), total + float(table[ids[-2], ids[-1], t])) for ids, total in open_ones for t in range(3)
            ]
            ended += [one for one in longer if one[0][-1] == end]
            open_ones = [one for one in longer if one[0][-1] != end]
        scores = sorted((total / (len(ids) - len(start)) ** alpha, ids) for ids, total in ended + open_ones)
        if scores[-1][0] - scores[-2][0] > 1e-3:
            return table, scores[-1][1]


def by_beams(table, start, width, steps, end, alpha):
    """Beam search with one list of (score, tokens, sum, finished); None where rounding decides who goes on.

    The model knows two tokens only, so that the same steps in another order have the same sum, but for rounding.
    """
    chances, beams = table.tolist(), [(0.0, start, 0.0, False)]
    for _ in range(steps):
        pool = [one for one in beams if one[3]]
        for _, ids, total, done in beams:
            for token, chance in enumerate([] if done else chances[ids[-2]][ids[-1]]):
                n = len(ids) + 1 - len(start)
                pool.append(((total + chance) / n**alpha, (*ids, token), total + chance, token == end))
        ranked = sorted(pool, key=lambda one: -one[0])
        beams = ranked[:width]
        if len(ranked) > width and beams[-1][0] - ranked[width][0] < 1e-9:
            return None
    return beams[0][1] if len(beams) == 1 or beams[0][0] - beams[1][0] > 1e-9 else None


def searched_all(beam_search, tables, *rest):
    """A search in each of these models, in one crossing."""
    return [tuple(beam_search(lambda ids, table=table: table[ids[-2], ids[-1]], *rest)) for table in tables]


def ask(table, *rest):
    return checks.on_student_side(searched, beam_search, table, *rest)


rng = checks.rng()
with checks.check("one beam is greedy writing", hint="each round keeps the best candidate only"):
    for _ in range(4):
        table, ids = (4 * rng.tensor(5, 5, 5)).log_softmax(-1), [1, 2]
        while len(ids) < 8 and (len(ids) == 2 or ids[-1] != 0):
            ids.append(int(table[ids[-2], ids[-1]].argmax()))
        checks.equal(ask(table, (1, 2), 1, 6, 0, 0.0)[: len(ids)], tuple(ids))
with checks.check("as many beams as there are sentences find the best one", hint="finished ones stay in the race"):
    for alpha in (0.0, 0.7, 1.0):
        for _ in range(3):
            table, best = clear_best(rng, (1, 1), 4, 0, alpha)
            checks.equal(ask(table, (1, 1), 200, 4, 0, alpha), best)
with checks.check("any width, and any correction for length", hint="scores decide who goes on, not sums", points=2):
    table = torch.full((4, 4, 4), 1e-9)  # what ends early has the better sums, what goes on the better mean
    table[3, 3, :2], table[3, 1, ::2], table[1, 2, 2] = torch.tensor([0.35, 0.65]), torch.tensor([0.55, 0.45]), 1.0
    checks.equal(ask(table.log(), (3, 3), 2, 3, 0, 1.0), (3, 3, 1, 2, 2), what="two beams, one longer than the other")
    checks.equal(ask(table.log(), (3, 3), 1, 3, 0, 1.0), (3, 3, 1, 0), what="a finished beam, the only one")
    for width, alpha in ((2, 0.0), (3, 0.7), (2, 1.0), (4, 0.5), (3, 2.0)):
        tables = (3 * rng.tensor(40, 5, 5, 5, dtype=torch.float64)).log_softmax(-1)
        got = checks.on_student_side(searched_all, beam_search, tables, (1, 3), width, 6, 0, alpha)
        for found, table in zip(got, tables, strict=True):
            if right := by_beams(table, (1, 3), width, 6, 0, alpha):
                checks.equal(found, right, what=f"width {width}, alpha {alpha}")
with checks.check("a start that holds the end", hint="n counts what was written after the start"):
    for start in ((2, 0), (0, 0), (1, 2, 3, 0)):
        tables = (3 * rng.tensor(20, 5, 5, 5, dtype=torch.float64)).log_softmax(-1)
        got = checks.on_student_side(searched_all, beam_search, tables, start, 3, 4, 0, 0.7)
        for found, table in zip(got, tables, strict=True):
            if right := by_beams(table, start, 3, 4, 0, 0.7):
                checks.equal(found, right, what=f"start {start}")
### END HIDDEN TESTS

# %% [markdown]
# Now with your GPT, for twelve tokens. (There is no end token in our text; the line break serves.) **Predict:** do
# wider searches find likelier sentences, always? Are these better to read?

# %%
line_break = token_ids["\n"]
guess = lambda ids: gpt(torch.tensor(ids)[None])[0, -1].log_softmax(dim=0)
with torch.no_grad():
    for width in (1, 2, 4, 8):
        ids = beam_search(guess, tuple(as_ids("We can").tolist()), width, 12, line_break, 0.7)
        total = sum(guess(ids[:place])[ids[place]].item() for place in range(len(as_ids("We can")), len(ids)))
        print(f"width {width}: sum of logarithms {total:6.2f}  {''.join(vocabulary[token] for token in ids)!r}")

# %% [markdown]
# A wider beam costs in proportion, and mostly finds likelier sentences; mostly, because it is still a heuristic: a
# good beginning may be dropped in one round by a narrow lead. (A short sentence has a high sum in any case, and ranks
# by its normalised score.) For open-ended text the likeliest sentence is a dull one, which is why chat models sample
# and translators search.
#
# *Further reading:* Wu et al., "Google's Neural Machine Translation System" (2016), arXiv 1609.08144, section 7
# (length normalisation).
#
# ## 17 · In your own words

# %% [markdown] question="lookup_or_linear" points=2
# **Look-up or linear?** Why is `nn.Embedding` a linear layer, and why does nobody compute it as one? If it is not
# tied to anything, what happens to the rows of tokens that do not occur in a batch, in a step of plain gradient
# descent, and why is that different with AdamW's weight decay?
#
# ### BEGIN MARK SCHEME
# - 1 point: it is one-hot times a matrix without bias, which picks a row; a look-up needs no multiplications with
#   zeros (memory and time in proportion to d_model, not to the vocabulary).
# - 1 point: their slope is 0, so plain descent leaves them; weight decay shrinks every row in every step, used or not
#   (and so do Adam's running averages move them on).
# - Half an answer: "it turns words into vectors": no first point.
# ### END MARK SCHEME

# %% [markdown] question="why_root" points=2
# **The root.** Why are scores divided by $\sqrt d$? Say what the variance of a score is without it, what that does to
# the softmax at $d = 1024$ (look at your picture in section 6), and what it does to learning.
#
# ### BEGIN MARK SCHEME
# - 1 point: a sum of d products of independent entries of variance 1 has variance d; divided by the root, 1.
# - 1 point: scores of size 32 make the weights nearly one-hot, where the slopes of the softmax are nearly zero:
#   queries and keys hardly learn.
# - Half an answer: "so that numbers do not become too large" without the softmax: no second point.
# ### END MARK SCHEME

# %% [markdown] question="rnn_or_attention" points=2
# **A word fifty places back.** Compare how an RNN and a causal transformer of one block get at it: how many steps
# does the information (and its slope) pass through, and what does each of them cost in time and memory for a text of
# $n$ tokens?
#
# ### BEGIN MARK SCHEME
# - 1 point: fifty steps, each with a factor that may vanish or explode, through one vector of fixed size; against one
#   step, a direct look.
# - 1 point: RNN: time in proportion to n, one step after the other, a state of fixed size when it writes; attention:
#   n² scores, but all places at once in training, and a cache that grows with n when it writes.
# - Half an answer: "attention has no vanishing gradients" without the number of steps: no first point.
# ### END MARK SCHEME

# %% [markdown] question="fair_loss" points=2
# **Two losses.** Model A has 3.3 nats for each token, at 2.5 characters a token; model B has 4.2 nats at 3.5
# characters. Which one is the better model of the text, and why can the losses (and perplexities) for each token not
# be compared? By how much does B's perplexity for each token differ from A's?
#
# ### BEGIN MARK SCHEME
# - 1 point: per character: A 1.32, B 1.20 nats; B is better. A longer token is a harder guess, but fewer are needed;
#   the loss of the whole text is what counts.
# - 1 point: perplexities exp(3.3) = 27 and exp(4.2) = 67: B's is 2.5 times (exp 0.9) as large although it is the
#   better model.
# - Half an answer: "A, its loss is lower": no point.
# ### END MARK SCHEME

# %% [markdown] question="beam_or_model" points=2
# **Whose fault?** A translation system wrote $\hat y$ where a person wrote the much better $y$. You can ask the model
# for $\log P(y)$ and $\log P(\hat y)$. How do you find out whether the beam search or the model is to blame, and what
# do you do in either case? What can go wrong in this comparison if the scores are not those that the search used?
#
# ### BEGIN MARK SCHEME
# - 1 point: if P(y) > P(ŷ) the search missed a better sentence: a wider beam. If P(y) ≤ P(ŷ) the model prefers the
#   worse one: more data, a better model; a wider beam would not help.
# - 1 point: the search compares length-normalised scores, so these must be compared; plain sums favour the shorter
#   one, whatever its quality.
# - Half an answer: "make the beam wider" for both cases: no first point.
# ### END MARK SCHEME

# %% [markdown] question="sure_and_unsure" points=2
# **k or p?** Take two next-token distributions: one token has 0.97 and the rest share 0.03; a hundred tokens share
# 0.99 evenly. What do top-k with k = 40 and top-p with p = 0.95 keep in each case? Which mistake does each of them
# make, and what does a low temperature do in both cases?
#
# ### BEGIN MARK SCHEME
# - 1 point: k = 40 keeps 40 in both: in the first, 39 unlikely ones; in the second it throws sixty good ones away. p
#   = 0.95 keeps 1 and about 96.
# - 1 point: a low temperature makes the first even surer; a tie of equals stays a tie at any temperature (the hundred
#   stay even), so it does not replace cutting off the tail. (A mistake of top-p: any sensible one, such as that with
#   p near 1 a flat tail comes in.)
# - Half an answer: "top-p is adaptive" without the numbers: no first point.
# ### END MARK SCHEME

# %% [markdown]
# ## What you have built
# Tokens from counting, vectors from company, attention from a formula, a block, a GPT, a cache, four ways to choose a
# word and one to search for sentences. What separates it from the models that you talk to is no other idea in the
# architecture: GPT-3 has 400,000 times as many parameters, and it has read ten million times as many tokens. (And
# today's models had a second training, on what people prefer, which uses lesson 09.)
#
# **Now you can** make a language model write in every usual way and say what each knob does, cut the tail of a
# distribution off, find the likeliest sentence, and know when not to want it.
#
# *Further reading:* Brown et al., "Language Models are Few-Shot Learners" (2020), arXiv 2005.14165, for what scale
# alone does; Ouyang et al., "Training language models to follow instructions with human feedback" (2022), arXiv
# 2203.02155.
