# %% [markdown]
# ## 11 · GPT
#
# **In this part you will** put the parts together to a GPT, count its parameters to the last one, train it on this
# course, look into its heads, and make it write without reading everything again for each token.
#
# A GPT (*generative pre-trained transformer*) is what you have, in a row:
#
# 1. an embedding of each token, plus an embedding of its position;
# 2. some blocks with causal attention, one after the other;
# 3. a last layer norm;
# 4. the **unembedding**: scores (logits) for each token of the vocabulary. GPT-2 has no matrix of its own for that.
#    It takes the dot product of each final vector with *every row of the embedding table*: the unembedding is
#    **tied** to the embedding. A token is likely if its vector points where the final one points.
#
# The tie saves parameters (39 of GPT-2's 124 million would come twice), and each token's vector is trained from both
# ends.
#
# ### Exercise: GPT
# difficulty 2/5 · 10 minutes · cards: gpt-parts, position-embedding, tied-unembedding, module-list
#
# Fill the blanks. `seq` is the longest text that the model can take; shorter ones are welcome. The blocks work in the
# order of the list.
#
# hint: In the einsum, s stands for places, d for d_model, t for tokens. Which letter is added up?


# %% solution="gpt" promises="leaves-inputs, tensor, no-trace, any-size(one token)"
class GPT(nn.Module):
    """Logits for the next token at each place: (batch, seq) to (batch, seq, tokens)."""

    def __init__(self, tokens: int, seq: int, d_model: int, blocks: list[nn.Module]):
        super().__init__()
        self.token = nn.Embedding(tokens, d_model)  # ? tokens, d_model
        self.position = nn.Embedding(seq, d_model)  # ? seq, d_model
        self.blocks = nn.ModuleList(blocks)  # ? ModuleList
        self.norm = nn.LayerNorm(d_model)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        places = torch.arange(ids.shape[-1])  # ? ids.shape[-1]
        x = self.token(ids) + self.position(places)  # ? position(places)
        for block in self.blocks:
            x = block(x)  # ? block(x)
        return torch.einsum("bsd,td->bst", self.norm(x), self.token.weight)  # ? "bsd,td->bst" | self.norm(x) | token


# %% tests="gpt" points=4
class Whole(nn.Module):
    """The same as formulas, with the same parts."""

    def __init__(self, tokens, seq, d, layers):
        super().__init__()
        self.token, self.position = nn.Embedding(tokens, d), nn.Embedding(seq, d)
        self.blocks = nn.ModuleList(
            nn.Sequential(nn.Linear(d, d), nn.GELU() if n else nn.Tanh()) for n in range(layers)
        )
        self.norm = nn.LayerNorm(d)

    def forward(self, ids):
        x = self.token.weight[ids] + self.position.weight[: ids.shape[1]]
        for block in self.blocks:
            x = block(x)
        return self.norm(x) @ self.token.weight.T


def gpt_maker(GPT, tokens, seq, d, layers):
    """A maker of models whose blocks are a layer and a bend each, the first of another kind than the rest."""
    from torch import nn

    def make():
        bends = [nn.GELU() if n else nn.Tanh() for n in range(layers)]
        return GPT(tokens, seq, d, [nn.Sequential(nn.Linear(d, d), bend) for bend in bends])

    return make


def examples(rng):
    model = checks.on_student_side(lambda make: make(), checks.on_student_side(gpt_maker, GPT, 5, 4, 3, 1))
    yield checks.example(model, {"ids": torch.tensor([[3, 0, 3]])})
    yield checks.example(
        model, {"ids": torch.tensor([[2]])}, size="one token", right=lambda ids: model(torch.tensor([[2, 4]]))[:, :1]
    )


rng = checks.rng()
with checks.check("two texts of four tokens", hint="token and position are added; the norm comes after the blocks"):
    ids = rng.integers(2, 4, low=0, high=6)
    same_as(Whole(7, 4, 3, 2), checks.on_student_side(gpt_maker, GPT, 7, 4, 3, 2), ids, rng)
### BEGIN HIDDEN TESTS
with checks.check("any sizes", hint="tables of as many rows as tokens and as places; blocks in their order"):
    for batch, length, tokens, d, layers in ((1, 6, 3, 4, 1), (4, 2, 11, 3, 3), (2, 1, 5, 6, 0)):
        ids = rng.integers(batch, length, low=0, high=tokens - 1)
        same_as(
            Whole(tokens, length, d, layers),
            checks.on_student_side(gpt_maker, GPT, tokens, length, d, layers),
            ids,
            rng,
        )
with checks.check(
    "texts shorter than the longest", hint="positions count from 0 to the length of *this* text", points=2
):
    for batch, length, longest in ((2, 3, 5), (3, 1, 8), (1, 7, 40)):
        ids = rng.integers(batch, length, low=0, high=5)
        same_as(Whole(6, longest, 4, 2), checks.on_student_side(gpt_maker, GPT, 6, longest, 4, 2), ids, rng)
### END HIDDEN TESTS

# %% [markdown]
# Why a `ModuleList`? In a plain Python list the blocks would work, but `parameters()` would not find them, and the
# optimiser would never move them. And why not `nn.Sequential(*blocks)`, which would save the loop? It would do here.
# As soon as blocks have to be given something else besides `x`, such as a cache (section 13), it cannot pass it on.
#
# How many parameters is that? OpenAI's GPT-2 has a vocabulary of 50,257 tokens, texts of up to 1,024, d_model 768 and
# 12 layers.
#
# ### Exercise: to the last parameter
# difficulty 2/5 · 8 minutes · cards: gpt2-count, block-count
#
# Return the number of parameters of a GPT-2, with all biases: each of the four attention matrices has one, and so
# have both layers of the MLP (with 4 · d_model hidden units). Each norm has a scale and a shift. The unembedding is
# tied. The number of heads does not matter: why?
#
# hint: Build one in your head, block by block: 4 matrices and biases, 2 norms, up, down.


# %% solution="count" promises="any-size(no layers)"
def gpt_parameters(tokens: int, seq: int, d_model: int, layers: int) -> int:
    """The number of parameters of a GPT-2 of this size."""
    ### BEGIN SOLUTION
    attention = 4 * (d_model * d_model + d_model)
    mlp = d_model * 4 * d_model + 4 * d_model + 4 * d_model * d_model + d_model
    norm = 2 * d_model
    return tokens * d_model + seq * d_model + layers * (attention + mlp + 2 * norm) + norm
    ### END SOLUTION


# %% tests="count" points=3
def examples(rng):
    yield checks.example(gpt_parameters, {"tokens": 3, "seq": 2, "d_model": 1, "layers": 0}, size="no layers", right=7)


with checks.check(
    "a single number for each token", hint="2 tokens, 1 place, 1 block, a norm at the end: 2 + 1 + 25 + 2"
):
    checks.equal(gpt_parameters(2, 1, 1, 1), 30)
### BEGIN HIDDEN TESTS
rng = checks.rng()


def counted(tokens, seq, d, layers):
    """By asking torch."""
    parts = [nn.Embedding(tokens, d), nn.Embedding(seq, d), nn.LayerNorm(d)]
    for _ in range(layers):
        parts += [nn.LayerNorm(d), nn.Linear(d, 3 * d), nn.Linear(d, d)]
        parts += [nn.LayerNorm(d), nn.Linear(d, 4 * d), nn.Linear(4 * d, d)]
    return sum(p.numel() for part in parts for p in part.parameters())


with checks.check(
    "models of any size", hint="which parts grow with the layers, which with the tokens, which with the places?"
):
    for tokens, seq, d, layers in (
        (rng.integer(5, 90), 7, 3, 2),
        (11, rng.integer(5, 90), 4, 5),
        (1, 1, 10, 0),
        (40, 3, 7, 1),
    ):
        checks.equal(gpt_parameters(tokens, seq, d, layers), counted(tokens, seq, d, layers), what=f"d_model {d}")
with checks.check("OpenAI's models", hint="the small one has 124 million, the largest one 1.5 billion"):
    checks.equal(gpt_parameters(50257, 1024, 768, 12), 124_439_808)
    checks.equal(gpt_parameters(50257, 1024, 1600, 48), 1_557_611_200)
### END HIDDEN TESTS

# %%
for name, d_model, layers in (("small", 768, 12), ("medium", 1024, 24), ("large", 1280, 36), ("XL", 1600, 48)):
    print(f"GPT-2 {name:7} {gpt_parameters(50257, 1024, d_model, layers):13,}")

# %% [markdown]
# Those are the numbers of the published models. Two thirds of a block are the MLP: $8 d^2$ of $12 d^2$.
#
# *Further reading:* Radford et al. (2019), section 2.3; Press and Wolf, "Using the Output Embedding to Improve
# Language Models" (2017), arXiv 1608.05859, for the tie.
#
# ## 12 · It learns
#
# Now with all your parts: your byte pairs cut the text, your heads attend, your blocks and your GPT hold them
# together. First the ids. (Words of the training text are cut already; those that only occur in the other paragraphs
# are cut by your `encode`.)


# %%
pieces = dict(zip(words, cut, strict=True))
pieces |= {word: encode(word, merges) for word in unseen if word not in pieces}
token_ids = {token: place for place, token in enumerate(vocabulary)}
as_ids = lambda text: torch.tensor(
    [token_ids[piece] for word in re.findall(r" ?[A-Za-z]+| ?[^A-Za-z\s]+|\n", text) for piece in pieces[word]]
)
train_ids, valid_ids = as_ids(train_text), as_ids(valid_text)
print(f"{len(vocabulary):,} different tokens, {len(train_ids):,} in the text to learn from")
print(f"each stands for {len(train_text) / len(train_ids):.2f} characters on average")
print("|".join(vocabulary[token] for token in train_ids[:40]))


# %%
class CausalAttention(nn.Module):
    """Your heads as a module with its four matrices."""

    def __init__(self, d_model, heads):
        super().__init__()
        self.matrices = nn.ParameterList(torch.randn(d_model, d_model) / d_model**0.5 for _ in range(4))
        self.heads = heads

    def forward(self, x):
        return multi_head(x, *self.matrices, self.heads, True)


def small_gpt(seq=64, d_model=96, heads=4, layers=3):
    """A GPT of your own parts, with small embeddings at the start, as OpenAI's have."""
    torch.manual_seed(0)
    mlp = lambda: nn.Sequential(nn.Linear(d_model, 4 * d_model), nn.GELU(), nn.Linear(4 * d_model, d_model))
    blocks = [Block(d_model, CausalAttention(d_model, heads), mlp()) for _ in range(layers)]
    model = GPT(len(vocabulary), seq, d_model, blocks)
    for table in (model.token, model.position):
        nn.init.normal_(table.weight, std=0.02)
    return model


gpt = small_gpt()
print(f"{sum(p.numel() for p in gpt.parameters()):,} parameters")

# %% [markdown]
# **Predict** the loss before the first step. A fresh model knows nothing: how many nats is that, for a vocabulary of
# this size?
#
# Training is what you know from lessons 04 and 05: AdamW, a rate that warms up and then falls along a cosine,
# gradients that are clipped. A batch is 16 pieces of 64 tokens; what is asked at each place is the token one place to
# the right. The thousand steps take a minute or two.


# %%
def mean_loss(model, ids, seq=64):
    """The mean loss for each token, in pieces of seq tokens."""
    rows = ids[: (len(ids) - 1) // seq * seq + 1]
    with torch.no_grad():
        logits = model(rows[:-1].view(-1, seq))
    return F.cross_entropy(logits.flatten(0, 1), rows[1:]).item()


steps, losses, checked = device.budget(1000, 20), [], {}
optimiser = torch.optim.AdamW(gpt.parameters(), lr=2e-3, betas=(0.9, 0.99), weight_decay=0.1)
shape = lambda step: min(1, (step + 1) / 50) * max(0.05, 0.5 + 0.5 * math.cos(math.pi * step / steps))
schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, shape)

# %%
began = time.perf_counter()
for step in range(steps):
    if step % 50 == 0:
        checked[step] = mean_loss(gpt, valid_ids)
    rows = torch.stack([train_ids[start : start + 65] for start in torch.randint(len(train_ids) - 65, (16,))])
    loss = F.cross_entropy(gpt(rows[:, :-1]).flatten(0, 1), rows[:, 1:].flatten())
    optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(gpt.parameters(), 1.0)
    optimiser.step()
    schedule.step()
    losses.append(loss.item())
checked[steps] = mean_loss(gpt, valid_ids)
print(f"{steps} steps in {time.perf_counter() - began:.0f} s")
print(f"first loss {losses[0]:.2f}, logarithm of the vocabulary's size {math.log(len(vocabulary)):.2f}")

# %%
plt.figure(figsize=(6, 3))
plt.plot(losses, linewidth=0.5, label="batches")
plt.plot(list(checked), list(checked.values()), label="paragraphs kept for checking")
plt.gca().set(xlabel="step", ylabel="nats for each token", ylim=(2.5, 7))
plt.legend()
plt.tight_layout()

# %% [markdown]
# The gap that opens is overfitting: the course is a short book, and in a thousand batches the model reads it about
# thirty times. A loss for each *token* cannot be compared between vocabularies, though: longer tokens are harder to
# guess, and there are fewer of them. So divide the loss of the whole text by its number of *characters*. Then letter
# tables, GPTs and even a program that compresses files can be compared. (A code of $b$ bits is a chance of $2^{-b}$.)

# %%
packed = lambda text: 8 * len(zlib.compress(text.encode(), level=9))  # in bits
more = packed(train_text + valid_text) - packed(train_text)  # what the other paragraphs add to a packed course
reached["zlib, which packs zip files"] = more * math.log(2) / len(valid_text)
reached["your GPT"] = mean_loss(gpt, valid_ids) * len(valid_ids) / len(valid_text)
published = [
    ("nanoGPT on a laptop's CPU, 3 minutes; letters of Shakespeare", 1.88),
    ("nanoGPT on an A100, 3 minutes; letters of Shakespeare", 1.47),
    ("people who guess letters of English, lower and upper bound (Shannon, 1951)", (0.42, 0.90)),
]
if device.budget(1000) < 1000:
    print("run by the grader, which trains only briefly")
print("nats for each character, on text that was not learnt from")
for name, loss in reached.items():
    print(f"  {loss:.2f}         {name}")
for name, loss in published:
    print(f"  {loss:.2f}         {name}" if isinstance(loss, float) else f"  {loss[0]:.2f} - {loss[1]:.2f}  {name}")

# %% [markdown]
# Other texts, so compare with a grain of salt: Shakespeare's letters have capitals and line breaks of verse, ours
# have a narrow subject. But the order is as it should be: the tables are far behind, the packer (which finds repeated
# strings, and no meaning) between, and people in front of all. Large models of today are near Shannon's bounds.
#
# What do the heads look at? Below: all heads of your model, on a paragraph that it did not learn from. Dark is much
# weight; the row is the token that asks. **Predict** which pattern there will be besides noise.

# %%
ids = valid_ids[:24]
with torch.no_grad():
    x = gpt.token(ids[None]) + gpt.position(torch.arange(len(ids)))
    figure, axes = plt.subplots(3, 4, figsize=(10, 7.5))
    for row, block in zip(axes, gpt.blocks, strict=True):
        normed = block.norm1(x)
        q, k = ((normed @ w).unflatten(-1, (4, -1)).transpose(1, 2) for w in list(block.attention.matrices)[:2])
        for axis, scores in zip(row, q[0] @ k[0].transpose(1, 2) / q.shape[-1] ** 0.5, strict=True):
            axis.imshow(causal(scores).softmax(-1), cmap="Blues", vmin=0, vmax=1)
            axis.set_axis_off()
        x = block(x)
figure.suptitle("four heads of each block; the first block on top", fontsize=10)
figure.tight_layout()

# %% [markdown]
# Lines beside the diagonal are heads that look one or two tokens back (which spell words), vertical stripes are
# places that many tokens ask. (In larger models people have found heads that look for the last time the present token
# occurred, and at what came after it: *induction heads*.)
#
# *Further reading:* Karpathy, *nanoGPT*, whose README has the two losses; Shannon, "Prediction and Entropy of Printed
# English" (1951), which gives 0.6 to 1.3 bits; Olsson et al., "In-context Learning and Induction Heads" (2022), arXiv
# 2209.11895.
#
# ## 13 · Never read twice
#
# To write, the model is asked for the next token, which is put at the end, and it is asked again. Each time it
# computes keys and values for all tokens before, although they never change: with causal attention nothing that comes
# later can alter what an earlier place computes. So keep them. With this **KV-cache** only the *new* token goes
# through the model; its query meets the keys that are kept, and its own key and value are added to them.
#
# ### Exercise: attention with a memory
# difficulty 4/5 · 15 minutes · cards: kv-cache, kv-cache-size, prefill
#
# Write it for one head. `x` holds the *new* places only, one or several of them (a prompt comes in one go); `cache`
# holds the keys and values of all the places before, the earliest first, each (batch, before, d_head), or is None at
# the start. A new place may look at all old ones, at itself, and at new ones before it. Return what the new places
# find, and the cache for the next call, in the same order.
#
# hint: `tril` takes an argument `diagonal`. For 2 new places after 3 old ones the mask is (2, 5): which ones of it
# are True?


# %% solution="cache" promises="leaves-inputs, differentiable(x, w_q, w_k, w_v), tensors, any-size(one new place)"
def cached_attention(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    cache: tuple[torch.Tensor, torch.Tensor] | None = None,
) -> tuple[torch.Tensor, tuple[torch.Tensor, torch.Tensor]]:
    """What the new places x (batch, new, d_model) find (batch, new, d_head), and the keys and values of all places."""
    ### BEGIN SOLUTION
    keys, values = x @ w_k, x @ w_v
    if cache is not None:
        keys, values = torch.cat([cache[0], keys], dim=1), torch.cat([cache[1], values], dim=1)
    new, every = x.shape[1], keys.shape[1]
    past = torch.ones(new, every, dtype=torch.bool).tril(diagonal=every - new)
    scores = x @ w_q @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    return scores.masked_fill(~past, -math.inf).softmax(dim=-1) @ values, (keys, values)
    ### END SOLUTION


# %% tests="cache" points=5
def weights_for(rng, d_model, d_head):
    """Three matrices."""
    return {name: rng.tensor(d_model, d_head) for name in ("w_q", "w_k", "w_v")}


def examples(rng):
    def flat(*given):
        found, cache = cached_attention(*given)
        return (found, *cache)

    given, w = {"x": rng.tensor(2, 2, 3)} | weights_for(rng, 3, 4), torch.ones(1, 1)
    yield checks.example(flat, given)
    yield checks.example(flat, given | {"cache": (rng.tensor(2, 3, 4), rng.tensor(2, 3, 4))})
    right = ([[[2.0]]], [[[2.0]]], [[[2.0]]])
    yield checks.example(lambda x: flat(x, w, w, w), {"x": torch.tensor([[[2.0]]])}, size="one new place", right=right)


def whole(x, w_q, w_k, w_v):
    """What each place finds when the whole text is read at once, place by place in doubles."""
    q, k, v = (x.double() @ w.double() for w in (w_q, w_k, w_v))
    found = torch.zeros_like(v)
    for batch in range(len(x)):
        for place in range(x.shape[1]):
            weights = (k[batch, : place + 1] @ q[batch, place] / q.shape[-1] ** 0.5).softmax(0)
            found[batch, place] = weights @ v[batch, : place + 1]
    return found


def in_pieces(x, matrices, sizes):
    """What the places find when the text comes in pieces of these sizes, and how long each cache was."""
    cache, found, lengths = None, [], []
    for piece in x.split(sizes, dim=1):
        out, cache = cached_attention(piece, *matrices.values(), cache)
        cache = tuple(checks.doubles(part).to(x.dtype) for part in cache)
        found.append(checks.doubles(out))
        lengths.append(tuple(part.shape[1] for part in cache))
    return torch.cat(found, dim=1), lengths


with checks.check("one place after another", hint="queries of zeros: the mean of all values so far"):
    x, one = torch.tensor([[[1.0], [3.0], [8.0]]]), torch.ones(1, 1)
    found, lengths = in_pieces(x, {"w_q": 0 * one, "w_k": one, "w_v": one}, [1, 1, 1])
    checks.close(found, [[[1.0], [2.0], [4.0]]])
    checks.equal(lengths, [(1, 1), (2, 2), (3, 3)], what="the lengths of the caches")
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("a prompt alone", hint="no cache: causal attention as always, with the root of d_head"):
    for batch, seq, d_model, d_head in ((2, 4, 3, 5), (1, 6, 4, 2), (3, 1, 2, 2)):
        x, matrices = rng.tensor(batch, seq, d_model), weights_for(rng, d_model, d_head)
        checks.close(
            cached_attention(x, *matrices.values(), None)[0], whole(x, *matrices.values()), rtol=1e-3, atol=1e-4
        )
with checks.check(
    "in pieces of any size, as if read at once", hint="a new place sees all old ones, and itself", points=2
):
    for sizes in ([3, 1, 1, 1], [1, 3, 2], [2, 4], [4, 2], [1] * 6):
        x, matrices = 2 * rng.tensor(2, 6, 3), weights_for(rng, 3, 4)
        found, lengths = in_pieces(x, matrices, sizes)
        checks.close(found, whole(x, *matrices.values()), rtol=1e-3, atol=1e-4, what=f"in pieces of {sizes}")
with checks.check("what is kept", hint="keys first, then values; the old ones stand in front"):
    x, matrices, old = rng.tensor(2, 2, 3), weights_for(rng, 3, 4), (rng.tensor(2, 3, 4), rng.tensor(2, 3, 4))
    for got, before, w in zip(cached_attention(x, *matrices.values(), old)[1], old, ("w_k", "w_v"), strict=True):
        checks.close(got, torch.cat([before, x @ matrices[w]], dim=1), rtol=1e-4, atol=1e-5)
### END HIDDEN TESTS

# %% [markdown]
# What does it save? One head writes 1,000 tokens, with the cache and by reading everything again. **Predict** both
# curves.

# %%
x, matrices = torch.randn(1, 1000, 64), [torch.randn(64, 64) / 8 for _ in range(3)]
times, places = {"again each time": [], "with a cache": []}, range(100, 1001, 100)
with torch.no_grad():
    for place in places:
        cache = cached_attention(x[:, : place - 1], *matrices, None)[1]
        for name, given in (
            ("again each time", (x[:, :place], *matrices, None)),
            ("with a cache", (x[:, place - 1 : place], *matrices, cache)),
        ):
            tries = []
            for _ in range(3):
                began = time.perf_counter()
                cached_attention(*given)
                tries.append(1000 * (time.perf_counter() - began))
            times[name].append(min(tries))
plt.figure(figsize=(5.5, 2.8))
for name, cost in times.items():
    plt.semilogy(places, cost, ".-", label=name)
plt.gca().set(xlabel="tokens so far", ylabel="ms for the next one")
plt.legend()
plt.tight_layout()

# %% [markdown]
# Without it, each new token costs a table of (seq, seq) scores; with it, one row. The price is memory: for each token
# and each layer one key and one value of d_model numbers. GPT-2 needs $2 · 12 · 768$ numbers, 74 kB in float32, for
# *each* token, and where a large model serves hundreds of long texts at once, the caches fill more of the card
# than the weights do. That is why many of today's models let several heads share keys and values.
#
# **Now you can** assemble a GPT and account for every parameter of it, train it, compare it fairly with tables,
# packers and people, and say why a model that writes needs memory in proportion to what it has written.
#
# *Further reading:* Pope et al., "Efficiently Scaling Transformer Inference" (2022), arXiv 2211.05102; Shazeer, "Fast
# Transformer Decoding: One Write-Head is All You Need" (2019), arXiv 1911.02150.
