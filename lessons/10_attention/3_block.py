# %% [markdown]
# ## 8 · Several looks at once
#
# **In this part you will** split attention into heads, write the two halves of a transformer block in BERT's order
# and in GPT-2's, and see what the order does to thirty blocks on top of each other.
#
# One softmax gives one look: a mean over places. But a verb may need its subject *and* the word that it follows. So
# attention is done several times side by side, in **heads**. Each has its own part of the vectors: with `d_model` =
# 768 and 12 heads, each head works with 64 numbers.
#
# - Three matrices make queries, keys and values for *all* heads at once: $Q = X W_Q$, $K = X W_K$, $V = X W_V$. The
#   first 64 columns belong to the first head, the next 64 to the second, and so on.
# - Each head attends on its own, with the root of *its* size, $\sqrt{64}$.
# - The results stand side by side again, and a fourth matrix $W_O$ mixes them.
#
# ```
#   x (batch, seq, d_model) ──► @ w_q ──► (batch, seq, heads, d_head) ──► (batch, heads, seq, d_head) ──► attention
#                                                                                                         │
#   out (batch, seq, d_model) ◄── @ w_o ◄── (batch, seq, d_model) ◄── (batch, seq, heads, d_head) ◄───────┘
# ```
#
# A head then is a batch axis like any other. **Predict:** why is `reshape(batch, heads, seq, d_head)` at once *not*
# the same as what the drawing does? The first row below has the answer.

# %%
x = torch.arange(12).view(1, 3, 4)  # three tokens, d_model = 4: two heads of 2
print("at once: ", x.reshape(1, 2, 3, 2)[0, 0].tolist(), "  parts of one and a half tokens, as if they were three")
print("in steps:", x.reshape(1, 3, 2, 2).transpose(1, 2)[0, 0].tolist(), "  the first half of each token")

# %% [markdown]
# ### Exercise: heads
# difficulty 4/5 · 15 minutes · cards: multi-head, head-size, four-matrices
#
# Write it. The matrices are (d_model, d_model), used as `x @ w`, without biases. You may use your `attention`, or
# `F.scaled_dot_product_attention(q, k, v, is_causal=...)`, which does one head, or a batch of heads. The number of
# heads divides d_model.
#
# hint: `x.unflatten(-1, (heads, -1))` cuts the last axis into two, and `flatten(-2)` puts the last two together.


# %% solution="multi_head" promises="leaves-inputs, differentiable(x, w_q, w_k, w_v, w_o), any-float, tensor"
# promises: any-size(one token), by-hand(multi_head_attention_forward)
def multi_head(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    w_o: torch.Tensor,
    heads: int,
    causal: bool,
) -> torch.Tensor:
    """Self-attention of x (batch, seq, d_model) in so many heads, causal or both ways: (batch, seq, d_model)."""
    ### BEGIN SOLUTION
    q, k, v = ((x @ w).unflatten(-1, (heads, -1)).transpose(1, 2) for w in (w_q, w_k, w_v))
    found = F.scaled_dot_product_attention(q, k, v, is_causal=causal)
    return found.transpose(1, 2).flatten(-2) @ w_o
    ### END SOLUTION


# %% tests="multi_head" points=5
def draw(rng, batch, seq, d_model):
    """x and the four matrices."""
    names = ("w_q", "w_k", "w_v", "w_o")
    return {"x": rng.tensor(batch, seq, d_model)} | {name: rng.tensor(d_model, d_model) for name in names}


def examples(rng):
    yield checks.example(multi_head, draw(rng, 2, 3, 4) | {"heads": 2, "causal": True})
    yield checks.example(multi_head, draw(rng, 1, 3, 4) | {"heads": 2, "causal": False})
    alone = lambda x: multi_head(x, *4 * [torch.eye(2, dtype=x.dtype)], 1, True)
    yield checks.example(alone, {"x": torch.tensor([[[1.0, 2.0]]])}, size="one token", right=[[[1.0, 2.0]]])


def head_by_head(x, w_q, w_k, w_v, w_o, heads, causal):
    """One text, one head and one place after the other, in doubles."""
    x, size = x.double(), x.shape[-1] // heads
    out = torch.zeros_like(x)
    for number, text in enumerate(x):
        for head in range(heads):
            part = slice(head * size, (head + 1) * size)
            q, k, v = (text @ w.double()[:, part] for w in (w_q, w_k, w_v))
            for place in range(len(text)):
                seen = place + 1 if causal else len(text)
                weights = (k[:seen] @ q[place] / size**0.5).softmax(0)
                out[number, place, part] = weights @ v[:seen]
    return out @ w_o.double()


with checks.check("two heads of one number, two tokens", hint="the first token finds itself, the second one a mean"):
    x, eye = torch.tensor([[[0.0, 2.0], [4.0, 0.0]]]), torch.eye(2)
    checks.close(multi_head(x, eye, 0 * eye, eye, eye, 2, True), [[[0.0, 2.0], [2.0, 1.0]]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
sizes = [(2, 3, 4, 2), (1, 5, 6, 3), (3, 1, 4, 4), (2, 4, 8, 2), (4, 2, 6, 1)]
with checks.check("both ways, any number of heads", hint="which numbers of a token belong to which head?", points=2):
    for batch, seq, d_model, heads in sizes:
        given = draw(rng, batch, seq, d_model)
        right = head_by_head(*given.values(), heads, False)
        checks.close(multi_head(*given.values(), heads, False), right, rtol=1e-3, atol=1e-4, what=f"{heads} heads")
with checks.check("causal, any number of heads", hint="each place sees itself and what came before", points=2):
    for batch, seq, d_model, heads in sizes:
        given = draw(rng, batch, seq, d_model)
        right = head_by_head(*given.values(), heads, True)
        checks.close(multi_head(*given.values(), heads, True), right, rtol=1e-3, atol=1e-4, what=f"{heads} heads")
### END HIDDEN TESTS

# %% [markdown]
# Attention has a blind spot. Shuffle the tokens, with nothing masked: **predict** what happens to the outputs.

# %%
torch.manual_seed(0)
x, matrices, order = torch.randn(1, 5, 8), [torch.randn(8, 8) / 8**0.5 for _ in range(4)], torch.tensor([3, 0, 4, 1, 2])
straight, shuffled = multi_head(x, *matrices, 2, False), multi_head(x[:, order], *matrices, 2, False)
print(f"shuffled inputs give the shuffled outputs: at most {(straight[:, order] - shuffled).abs().max():.0e} apart")

# %% [markdown]
# *dog bites man* and *man bites dog* are one and the same to it. So the place has to be told: to the embedding of
# each token we *add* an embedding of its **position**, from a second table. (BERT adds a third, for which of two
# sentences a token belongs to: the **segment**.)
#
# *Further reading:* Vaswani et al. (2017), section 3.2.2; the documentation of `torch.nn.MultiheadAttention`.
#
# ## 9 · And now think about it
#
# Attention moves information between places. It only takes means of values, though. What was found has to be worked
# on: by an **MLP**, the same at each place, which goes up to a wider layer (four times as wide in BERT and in GPT-2),
# through a bend, and back. The bend is **GELU**, $x \cdot \Phi(x)$, where $\Phi(x)$ is the chance that a standard
# normal number is below $x$: nearly 0 for very negative $x$, nearly $x$ for large ones, and smooth between.
#
# Around it stand three things that make deep stacks train: a **residual** connection (what the MLP says is *added* to
# its input, lesson 08), **dropout** on what it says, and **layer norm**. Batch norm takes mean and variance of a
# channel over the batch; layer norm takes them over the numbers of *one token*, then scales and shifts:
#
# $$\text{norm}(x) = \frac{x - \text{mean}(x)}{\sqrt{\text{var}(x) + \varepsilon}} \cdot \gamma + \beta$$
#
# So it does not matter who else is in the batch, how long the texts are, or whether we are training. **Predict** the
# shape of $\gamma$ for vectors of 768 numbers, and mean and spread of each row:

# %%
norm, x = nn.LayerNorm(768), 5 + 3 * torch.randn(2, 4, 768)
print(
    "gamma:",
    tuple(norm.weight.shape),
    " one token:",
    f"mean {norm(x)[0, 0].mean():.1e}, spread {norm(x)[0, 0].std():.3f}",
)


# %% setup
def random_state(module, rng):
    """What the tests load into your modules: random numbers for a whole state_dict."""
    return {name: rng.tensor(*value.shape) for name, value in module.state_dict().items()}


def run_with(make, state, x, training=False):
    """What a module with this state makes of x, its gradients then, and x after a call without gradients."""
    import torch

    module = make()
    module.load_state_dict(state)
    module.train(training).zero_grad()
    x = x.clone().requires_grad_(x.is_floating_point())
    out = module(x)
    if out.requires_grad:
        (out * torch.linspace(-1, 1, out.numel()).reshape(out.shape)).sum().backward()
    slopes = {name: p.grad for name, p in module.named_parameters()}
    return out.detach(), slopes | ({"x": x.grad} if x.requires_grad else {})


def same_as(reference, make, x, rng, training=False):
    """Fails unless your module and the reference do the same with the same numbers, forwards and backwards."""
    state = random_state(reference, rng)
    expected, slopes = run_with(lambda: reference, state, x, training)
    got, found = checks.on_student_side(run_with, make, state, x, training)
    checks.close(got, expected, rtol=1e-3, atol=1e-4 * float(expected.abs().max()))
    steepest = max(float(slope.abs().max()) for slope in slopes.values())
    for name, slope in slopes.items():
        checks.true(found[name] is not None, f"no gradient reaches {name}")
        near = 1e-3 * float(slope.abs().max()) + 1e-5 * steepest  # next to the steepest, this one may be rounding alone
        checks.close(found[name], slope, rtol=1e-3, atol=near, what=f"the slope of {name}")


# %% [markdown]
# BERT (2018) normalises *after* the addition, as the first transformer did: **post-norm**, $\text{norm}(x +
# \text{dropout}(\text{MLP}(x)))$.
#
# ### Exercise: BERT's MLP
# difficulty 2/5 · 8 minutes · cards: bert-mlp, gelu, layer-norm, norms-compared
#
# Fill the blanks, with the exact GELU, and a dropout that drops each number by itself and scales up the rest. (In
# training, dropout draws from torch's global generator; so the promise that no trace is left is one for evaluation
# mode.)


# %% solution="bert_mlp" promises="leaves-inputs, differentiable(x), tensor, no-trace, any-size(one token)"
class BertMLP(nn.Module):
    """Up, bend, down, with dropout, residual and norm: (…, d_model) in and out."""

    def __init__(self, d_model: int, d_hidden: int, dropout: float = 0.1):
        super().__init__()
        self.up = nn.Linear(d_model, d_hidden)  # ? d_model, d_hidden
        self.down = nn.Linear(d_hidden, d_model)  # ? d_hidden, d_model
        self.dropout = nn.Dropout(dropout)  # ? Dropout
        self.norm = nn.LayerNorm(d_model)  # ? LayerNorm

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.down(F.gelu(self.up(x)))  # ? gelu | self.up(x)
        return self.norm(x + self.dropout(out))  # ? norm | x + self.dropout(out)


# %% tests="bert_mlp" points=4
class Reference(nn.Module):
    """The same from single formulas."""

    def __init__(self, d_model, d_hidden):
        super().__init__()
        self.up, self.down = nn.Linear(d_model, d_hidden), nn.Linear(d_hidden, d_model)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, x, factors=1.0):
        z = x @ self.up.weight.T + self.up.bias
        x = x + factors * ((z * (1 + torch.erf(z / 2**0.5)) / 2) @ self.down.weight.T + self.down.bias)
        x = x - x.mean(-1, keepdim=True)
        return x / (x.square().mean(-1, keepdim=True) + 1e-5).sqrt() * self.norm.weight + self.norm.bias


def with_dropout(make, chance, x):
    """What a module does in training with a chance of dropout, and what in evaluation, its norm alone, and its state."""
    module = make(x.shape[-1], 7, chance).double()
    training = module.train()(x).detach()
    return training, module.eval()(x).detach(), module.norm(x).detach(), dict(module.state_dict())


def examples(rng):
    module = checks.on_student_side(lambda make: make(3, 5).double().eval(), BertMLP)
    yield checks.example(module, {"x": rng.tensor(2, 2, 3, dtype=torch.float64)})
    yield checks.example(
        module, {"x": torch.ones(1, 3).double()}, size="one token", right=lambda x: module(x.expand(4, 3))[:1]
    )


def make(*sizes):
    """A maker of modules of these sizes, on the student's side."""
    return checks.on_student_side(lambda BertMLP, sizes: lambda: BertMLP(*sizes), BertMLP, sizes)


rng = checks.rng()
with checks.check("two tokens of three numbers", hint="up, GELU, down, add x, and the norm last"):
    same_as(Reference(3, 5), make(3, 5), rng.tensor(2, 3), rng)
### BEGIN HIDDEN TESTS
with checks.check("any sizes, gradients too", hint="each layer once; the residual is x as it came in"):
    for shape, hidden in (((2, 3, 4), 16), ((1, 6), 2), ((2, 2, 2, 5), 5)):
        same_as(Reference(shape[-1], hidden), make(shape[-1], hidden), 3 * rng.tensor(*shape), rng)
        same_as(Reference(shape[-1], hidden), make(shape[-1], hidden, 0.0), 3 * rng.tensor(*shape), rng, training=True)
with checks.check("dropout, in training only", hint="on what the MLP says, before the addition", points=2):
    x = 3 * rng.tensor(6, 5, dtype=torch.float64)
    training, evaluated, normed, _ = checks.on_student_side(with_dropout, BertMLP, 1.0, x)
    checks.close(training, normed, rtol=1e-4, atol=1e-5, what="when everything is dropped")
    checks.true(float((evaluated - normed).abs().max()) > 1e-3, "in evaluation nothing is dropped")
    x = x[:1].repeat(400, 1)
    training, evaluated, _, state = checks.on_student_side(with_dropout, BertMLP, 0.25, x)
    reference = Reference(5, 7).double()
    reference.load_state_dict(state)
    ways = torch.tensor(list(itertools.product((0.0, 4 / 3), repeat=5)), dtype=torch.float64)  # dropped, or scaled up
    possible = reference(x[0], ways).detach()
    far = (training[:, None] - possible).abs().amax(dim=2)
    checks.close(far.amin(dim=1), torch.zeros(400), atol=1e-6, what="away from what dropout can do")
    checks.true(len(far.argmin(dim=1).unique()) > 8, "every token is dropped in the same places, or whole")
    share = (ways[far.argmin(dim=1)] == 0).double().mean()
    checks.between(share, 0.2, 0.3, what="the share that is dropped, for a chance of 1/4")
    checks.close(evaluated, reference(x).detach(), rtol=1e-6, atol=1e-6, what="in evaluation")
### END HIDDEN TESTS

# %% [markdown]
# GELU beside ReLU, for those who have not met it. **Predict** where its slope is negative.

# %%
z = torch.linspace(-4, 3, 200)
plt.figure(figsize=(5, 2.6))
plt.plot(z, F.relu(z), label="ReLU")
plt.plot(z, F.gelu(z), label=f"GELU, lowest {F.gelu(z).min():.2f} at {z[F.gelu(z).argmin()]:.2f}")
plt.legend()
plt.tight_layout()

# %% [markdown]
# *Further reading:* Hendrycks and Gimpel, "Gaussian Error Linear Units" (2016), arXiv 1606.08415; Ba, Kiros, Hinton,
# "Layer Normalization" (2016), arXiv 1607.06450; Devlin et al., "BERT" (2018), arXiv 1810.04805.
#
# ## 10 · Before or after?
#
# GPT-2 has the norm *inside* the branch: **pre-norm**. A block is two steps, each of which adds something to what
# comes in,
#
# $$x \leftarrow x + \text{attention}(\text{norm}_1(x)) \qquad\qquad x \leftarrow x + \text{MLP}(\text{norm}_2(x))$$
#
# ```
#  BERT:   x ─┬─► MLP ──(+)─► norm ─►          GPT-2:   x ─┬─► norm ─► MLP ──(+)─►
#             └──────────┘                                 └──────────────────┘
# ```
#
# In GPT-2's drawing a line runs from the input to the output on which nothing stands but additions: the **residual
# stream**.
#
# ### Exercise: GPT-2's block
# difficulty 3/5 · 10 minutes · cards: gpt2-block, pre-norm, residual-stream
#
# Write the module. It is given an attention and an MLP, two modules that take (batch, seq, d_model) to the same
# shape. Call the parts `norm1`, `attention`, `norm2` and `mlp`, so that weights can be loaded into them.


# %% solution="Block" promises="leaves-inputs, differentiable(x), tensor, no-trace"
class Block(nn.Module):
    """Attention and MLP with pre-norm and residuals: (batch, seq, d_model) in and out."""

    def __init__(self, d_model: int, attention: nn.Module, mlp: nn.Module):
        ### BEGIN SOLUTION
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(d_model), attention
        self.norm2, self.mlp = nn.LayerNorm(d_model), mlp
        ### END SOLUTION

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        ### BEGIN SOLUTION
        x = x + self.attention(self.norm1(x))
        return x + self.mlp(self.norm2(x))
        ### END SOLUTION


# %% tests="Block" points=4
def maker(Block, d_model):
    """A maker of blocks whose attention and MLP are a bend each, so that nothing hides behind linearity."""
    from torch import nn

    def make():
        attention = nn.Sequential(nn.Linear(d_model, d_model), nn.Tanh())
        return Block(d_model, attention, nn.Sequential(nn.Linear(d_model, d_model), nn.Sigmoid()))

    return make


class Expected(nn.Module):
    """The block as formulas, with the same parts."""

    def __init__(self, d):
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(d), nn.Sequential(nn.Linear(d, d), nn.Tanh())
        self.norm2, self.mlp = nn.LayerNorm(d), nn.Sequential(nn.Linear(d, d), nn.Sigmoid())

    def forward(self, x):
        between = x + self.attention(F.layer_norm(x, x.shape[-1:], self.norm1.weight, self.norm1.bias))
        return between + self.mlp(F.layer_norm(between, x.shape[-1:], self.norm2.weight, self.norm2.bias))


def of_zeros(Block):
    """What a block adds whose parts say 1 and 10."""
    import torch

    class Says(torch.nn.Module):
        def __init__(self, number):
            super().__init__()
            self.number = number

        def forward(self, x):
            return torch.full_like(x, self.number)

    return Block(2, Says(1.0), Says(10.0))(torch.tensor([[[3.0, 5.0]]])).detach()


def examples(rng):
    block = checks.on_student_side(lambda make: make().double(), checks.on_student_side(maker, Block, 3))
    yield checks.example(block, {"x": rng.tensor(2, 2, 3, dtype=torch.float64)})


rng = checks.rng()
with checks.check("parts that say 1 and 10", hint="both are added to x, whatever the norms make of it"):
    checks.close(checks.on_student_side(of_zeros, Block), [[[14.0, 16.0]]])
### BEGIN HIDDEN TESTS
with checks.check(
    "any numbers, as the formulas have it", hint="each part sees a normed x; what is added to is not normed", points=2
):
    for shape in ((2, 3, 4), (1, 1, 2), (3, 5, 6)):
        same_as(Expected(shape[-1]), checks.on_student_side(maker, Block, shape[-1]), 4 * rng.tensor(*shape), rng)
with checks.check("in training too", hint="it is the same"):
    same_as(Expected(5), checks.on_student_side(maker, Block, 5), 4 * rng.tensor(2, 3, 5), rng, training=True)
### END HIDDEN TESTS

# %% [markdown]
# Thirty MLPs on top of each other, in BERT's order and in GPT-2's, each of which says something about as large as
# what it hears. **Predict:** how much of the *input itself*, what came along the shortcuts only, is there after
# thirty blocks, as a share of the whole stream?


# %%
class Nothing(nn.Module):
    def forward(self, x):
        return torch.zeros_like(x)


@torch.no_grad()
def shares_of_the_input(start, depth=30):
    """How large the direct copy of the input is beside the stream, block by block: post-norm, pre-norm."""
    post, pre, copy, found = start, start, torch.ones(*start.shape[:-1], 1), [(1.0, 1.0)]
    for _ in range(depth):
        mlp = BertMLP(64, 256, dropout=0.0)
        nn.init.normal_(mlp.up.weight, std=64**-0.5)
        nn.init.normal_(mlp.down.weight, std=(0.42 * 256) ** -0.5)  # 0.42 is the mean square of GELU
        summed = post + mlp.down(F.gelu(mlp.up(post)))
        copy = copy / summed.std(dim=-1, keepdim=True)  # the norm divides everything, the copy too
        post = mlp(post)
        pre = Block(64, Nothing(), nn.Sequential(mlp.up, nn.GELU(), mlp.down))(pre)
        found.append((float((copy * start).norm() / post.norm()), float(start.norm() / pre.norm())))
    return found


# %%
torch.manual_seed(0)
shares = shares_of_the_input(torch.randn(32, 8, 64))
plt.figure(figsize=(6, 3))
for name, share in zip(("post-norm (BERT)", "pre-norm (GPT-2)"), zip(*shares, strict=True), strict=True):
    plt.semilogy(share, label=f"{name}: {share[-1]:.1e} in the end")
plt.gca().set(xlabel="block", ylabel="share of the input itself")
plt.legend()
plt.tight_layout()

# %% [markdown]
# In BERT's order each norm divides by the spread of a sum of two, about $\sqrt 2$, and the copy of the input with it.
# In GPT-2's the copy stays whole; it only becomes one voice among thirty-one. A slope that comes back along the
# shortcuts has the same fate. (There are paths through the MLPs too, so the whole gradient need not vanish.) In
# practice, transformers of the first kind had to be started with tiny learning rates ("warm-up"), and nearly all
# large models since GPT-2 have the norm inside. Their stream keeps growing, which is why GPT-2 has one more norm
# after the last block.
#
# **Now you can** write multi-head attention with four matrices, say what each part of a transformer block is for, and
# tell BERT's block from GPT-2's by a drawing, by code and by its gradients.
#
# *Further reading:* Xiong et al., "On Layer Normalization in the Transformer Architecture" (2020), arXiv 2002.04745.
