# Answers to the exercises of 4_gpt.py, right and wrong: what `course audit` grades. No student sees them.

# %% right="gpt: F.linear for the tied table"
class GPT(nn.Module):
    def __init__(self, tokens, seq, d_model, blocks):
        super().__init__()
        self.token, self.position = nn.Embedding(tokens, d_model), nn.Embedding(seq, d_model)
        self.norm, self.blocks = nn.LayerNorm(d_model), nn.ModuleList(list(blocks))

    def forward(self, ids):
        x = self.position.weight[: ids.shape[1]] + F.embedding(ids, self.token.weight)
        for number in range(len(self.blocks)):
            x = self.blocks[number](x)
        return F.linear(self.norm(x), self.token.weight)


# %% right="gpt: blocks in a Sequential"
class GPT(nn.Module):
    def __init__(self, tokens, seq, d_model, blocks):
        super().__init__()
        self.token = nn.Embedding(num_embeddings=tokens, embedding_dim=d_model)
        self.position = nn.Embedding(num_embeddings=seq, embedding_dim=d_model)
        self.blocks = nn.Sequential(*blocks)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, ids):
        places = torch.arange(ids.size(1)).expand_as(ids)
        x = self.norm(self.blocks(self.token(ids) + self.position(places)))
        return x @ self.token.weight.t()


# %% wrong="gpt: no positions"
class GPT(nn.Module):
    """Logits for the next token at each place: (batch, seq) to (batch, seq, tokens)."""

    def __init__(self, tokens: int, seq: int, d_model: int, blocks: list[nn.Module]):
        super().__init__()
        self.token = nn.Embedding(tokens, d_model)
        self.position = nn.Embedding(seq, d_model)
        self.blocks = nn.ModuleList(blocks)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        places = torch.arange(ids.shape[-1])
        x = 1.0 * self.token(ids)
        for block in self.blocks:
            x = block(x)
        return torch.einsum("bsd,td->bst", self.norm(x), self.token.weight)


# %% wrong="gpt: positions from the end"
class GPT(nn.Module):
    """Logits for the next token at each place: (batch, seq) to (batch, seq, tokens)."""

    def __init__(self, tokens: int, seq: int, d_model: int, blocks: list[nn.Module]):
        super().__init__()
        self.token = nn.Embedding(tokens, d_model)
        self.position = nn.Embedding(seq, d_model)
        self.blocks = nn.ModuleList(blocks)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        places = torch.arange(ids.shape[-1]).flip(0)
        x = self.token(ids) + self.position(places)
        for block in self.blocks:
            x = block(x)
        return torch.einsum("bsd,td->bst", self.norm(x), self.token.weight)


# %% wrong="gpt: positions counted over the batch"
class GPT(nn.Module):
    """Logits for the next token at each place: (batch, seq) to (batch, seq, tokens)."""

    def __init__(self, tokens: int, seq: int, d_model: int, blocks: list[nn.Module]):
        super().__init__()
        self.token = nn.Embedding(tokens, d_model)
        self.position = nn.Embedding(seq, d_model)
        self.blocks = nn.ModuleList(blocks)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        places = torch.arange(ids.shape[0])[:, None]
        x = self.token(ids) + self.position(places)
        for block in self.blocks:
            x = block(x)
        return torch.einsum("bsd,td->bst", self.norm(x), self.token.weight)


# %% wrong="gpt: no norm at the end"
class GPT(nn.Module):
    """Logits for the next token at each place: (batch, seq) to (batch, seq, tokens)."""

    def __init__(self, tokens: int, seq: int, d_model: int, blocks: list[nn.Module]):
        super().__init__()
        self.token = nn.Embedding(tokens, d_model)
        self.position = nn.Embedding(seq, d_model)
        self.blocks = nn.ModuleList(blocks)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        places = torch.arange(ids.shape[-1])
        x = self.token(ids) + self.position(places)
        for block in self.blocks:
            x = block(x)
        return torch.einsum("bsd,td->bst", x, self.token.weight)


# %% wrong="gpt: a norm before the blocks"
class GPT(nn.Module):
    """Logits for the next token at each place: (batch, seq) to (batch, seq, tokens)."""

    def __init__(self, tokens: int, seq: int, d_model: int, blocks: list[nn.Module]):
        super().__init__()
        self.token = nn.Embedding(tokens, d_model)
        self.position = nn.Embedding(seq, d_model)
        self.blocks = nn.ModuleList(blocks)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        places = torch.arange(ids.shape[-1])
        x = self.norm(self.token(ids) + self.position(places))
        for block in self.blocks:
            x = block(x)
        return torch.einsum("bsd,td->bst", self.norm(x), self.token.weight)


# %% wrong="gpt: the last places of the table"
class GPT(nn.Module):
    """Logits for the next token at each place: (batch, seq) to (batch, seq, tokens)."""

    def __init__(self, tokens: int, seq: int, d_model: int, blocks: list[nn.Module]):
        super().__init__()
        self.token = nn.Embedding(tokens, d_model)
        self.position = nn.Embedding(seq, d_model)
        self.blocks = nn.ModuleList(blocks)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        places = torch.arange(ids.shape[-1])
        x = self.token(ids) + self.position.weight[-ids.shape[-1] :]
        for block in self.blocks:
            x = block(x)
        return torch.einsum("bsd,td->bst", self.norm(x), self.token.weight)


# %% wrong="gpt: an unembedding of its own"
class GPT(nn.Module):
    """Logits for the next token at each place: (batch, seq) to (batch, seq, tokens)."""

    def __init__(self, tokens: int, seq: int, d_model: int, blocks: list[nn.Module]):
        super().__init__()
        self.token = nn.Embedding(tokens, d_model)
        self.position = nn.Embedding(seq, d_model)
        self.blocks = nn.ModuleList(blocks)
        self.norm = nn.LayerNorm(d_model)
        self.out = nn.Linear(d_model, tokens, bias=False)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        places = torch.arange(ids.shape[-1])
        x = self.token(ids) + self.position(places)
        for block in self.blocks:
            x = block(x)
        return self.out(self.norm(x))


# %% wrong="gpt: blocks in a plain list"
class GPT(nn.Module):
    """Logits for the next token at each place: (batch, seq) to (batch, seq, tokens)."""

    def __init__(self, tokens: int, seq: int, d_model: int, blocks: list[nn.Module]):
        super().__init__()
        self.token = nn.Embedding(tokens, d_model)
        self.position = nn.Embedding(seq, d_model)
        self.blocks = list(blocks)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        places = torch.arange(ids.shape[-1])
        x = self.token(ids) + self.position(places)
        for block in self.blocks:
            x = block(x)
        return torch.einsum("bsd,td->bst", self.norm(x), self.token.weight)


# %% wrong="gpt: the unembedding is detached"
class GPT(nn.Module):
    """Logits for the next token at each place: (batch, seq) to (batch, seq, tokens)."""

    def __init__(self, tokens: int, seq: int, d_model: int, blocks: list[nn.Module]):
        super().__init__()
        self.token = nn.Embedding(tokens, d_model)
        self.position = nn.Embedding(seq, d_model)
        self.blocks = nn.ModuleList(blocks)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        places = torch.arange(ids.shape[-1])
        x = self.token(ids) + self.position(places)
        for block in self.blocks:
            x = block(x)
        return torch.einsum("bsd,td->bst", self.norm(x), self.token.weight.detach())


# %% wrong="gpt: the first block again and again"
class GPT(nn.Module):
    """Logits for the next token at each place: (batch, seq) to (batch, seq, tokens)."""

    def __init__(self, tokens: int, seq: int, d_model: int, blocks: list[nn.Module]):
        super().__init__()
        self.token = nn.Embedding(tokens, d_model)
        self.position = nn.Embedding(seq, d_model)
        self.blocks = nn.ModuleList(blocks)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        places = torch.arange(ids.shape[-1])
        x = self.token(ids) + self.position(places)
        for block in self.blocks:
            x = self.blocks[0](x)
        return torch.einsum("bsd,td->bst", self.norm(x), self.token.weight)


# %% wrong="gpt: chances for logits"
class GPT(nn.Module):
    """Logits for the next token at each place: (batch, seq) to (batch, seq, tokens)."""

    def __init__(self, tokens: int, seq: int, d_model: int, blocks: list[nn.Module]):
        super().__init__()
        self.token = nn.Embedding(tokens, d_model)
        self.position = nn.Embedding(seq, d_model)
        self.blocks = nn.ModuleList(blocks)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        places = torch.arange(ids.shape[-1])
        x = self.token(ids) + self.position(places)
        for block in self.blocks:
            x = block(x)
        return torch.einsum("bsd,td->bst", self.norm(x), self.token.weight).softmax(-1)


# %% [markdown] explains="gpt"
# Positions count from 0 to the length of this text, so a short text uses the first rows of the second table. In the einsum, d is missing after the arrow, so it is added up: a dot product of each place's vector with each token's row. It is the *same* parameter that the embedding looks rows up in; that is the tie.


# %% right="count: collected terms"
def gpt_parameters(tokens, seq, d_model, layers):
    return (tokens + seq + 2) * d_model + layers * (12 * d_model**2 + 13 * d_model)


# %% right="count: asks torch for a block"
def gpt_parameters(tokens, seq, d_model, layers):
    sizes = lambda *parts: sum(p.numel() for part in parts for p in part.parameters())
    norm = nn.LayerNorm(d_model)
    up, down = nn.Linear(d_model, 4 * d_model), nn.Linear(4 * d_model, d_model)
    block = sizes(norm, norm, up, down) + 4 * sizes(nn.Linear(d_model, d_model))
    return block * layers + sizes(norm) + d_model * (tokens + seq)


# %% wrong="count: the table twice"
def gpt_parameters(tokens: int, seq: int, d_model: int, layers: int) -> int:
    """The number of parameters of a GPT-2 of this size."""
    attention = 4 * (d_model * d_model + d_model)
    mlp = d_model * 4 * d_model + 4 * d_model + 4 * d_model * d_model + d_model
    norm = 2 * d_model
    return 2 * tokens * d_model + seq * d_model + layers * (attention + mlp + 2 * norm) + norm


# %% wrong="count: no biases in attention"
def gpt_parameters(tokens: int, seq: int, d_model: int, layers: int) -> int:
    """The number of parameters of a GPT-2 of this size."""
    attention = 4 * d_model * d_model
    mlp = d_model * 4 * d_model + 4 * d_model + 4 * d_model * d_model + d_model
    norm = 2 * d_model
    return tokens * d_model + seq * d_model + layers * (attention + mlp + 2 * norm) + norm


# %% wrong="count: three matrices"
def gpt_parameters(tokens: int, seq: int, d_model: int, layers: int) -> int:
    """The number of parameters of a GPT-2 of this size."""
    attention = 3 * (d_model * d_model + d_model)
    mlp = d_model * 4 * d_model + 4 * d_model + 4 * d_model * d_model + d_model
    norm = 2 * d_model
    return tokens * d_model + seq * d_model + layers * (attention + mlp + 2 * norm) + norm


# %% wrong="count: no positions"
def gpt_parameters(tokens: int, seq: int, d_model: int, layers: int) -> int:
    """The number of parameters of a GPT-2 of this size."""
    attention = 4 * (d_model * d_model + d_model)
    mlp = d_model * 4 * d_model + 4 * d_model + 4 * d_model * d_model + d_model
    norm = 2 * d_model
    return tokens * d_model + layers * (attention + mlp + 2 * norm) + norm


# %% wrong="count: one norm a block"
def gpt_parameters(tokens: int, seq: int, d_model: int, layers: int) -> int:
    """The number of parameters of a GPT-2 of this size."""
    attention = 4 * (d_model * d_model + d_model)
    mlp = d_model * 4 * d_model + 4 * d_model + 4 * d_model * d_model + d_model
    norm = 2 * d_model
    return tokens * d_model + seq * d_model + layers * (attention + mlp + norm) + norm


# %% wrong="count: no norm at the end"
def gpt_parameters(tokens: int, seq: int, d_model: int, layers: int) -> int:
    """The number of parameters of a GPT-2 of this size."""
    attention = 4 * (d_model * d_model + d_model)
    mlp = d_model * 4 * d_model + 4 * d_model + 4 * d_model * d_model + d_model
    norm = 2 * d_model
    return tokens * d_model + seq * d_model + layers * (attention + mlp + 2 * norm)


# %% wrong="count: no biases in the MLP"
def gpt_parameters(tokens: int, seq: int, d_model: int, layers: int) -> int:
    """The number of parameters of a GPT-2 of this size."""
    attention = 4 * (d_model * d_model + d_model)
    mlp = 8 * d_model * d_model
    norm = 2 * d_model
    return tokens * d_model + seq * d_model + layers * (attention + mlp + 2 * norm) + norm


# %% wrong="count: a norm without a shift"
def gpt_parameters(tokens: int, seq: int, d_model: int, layers: int) -> int:
    """The number of parameters of a GPT-2 of this size."""
    attention = 4 * (d_model * d_model + d_model)
    mlp = d_model * 4 * d_model + 4 * d_model + 4 * d_model * d_model + d_model
    norm = d_model
    return tokens * d_model + seq * d_model + layers * (attention + mlp + 2 * norm) + norm


# %% [markdown] explains="count"
# A block has $4 (d^2 + d)$ in attention, $8 d^2 + 5 d$ in the MLP and $4 d$ in two norms: $12 d^2 + 13 d$ in all. Heads only cut the matrices into parts, so their number does not matter. Outside of the blocks there are two tables and the last norm; the tied unembedding adds nothing.


# %% right="cache: compares places"
def cached_attention(x, w_q, w_k, w_v, cache=None):
    before = 0 if cache is None else cache[0].shape[1]
    q, k, v = x @ w_q, x @ w_k, x @ w_v
    if before:
        k, v = (torch.cat(parts, dim=1) for parts in zip(cache, (k, v)))
    own = torch.arange(x.shape[1])[:, None] + before
    scores = torch.einsum("bnd,bsd->bns", q, k) / math.sqrt(q.shape[2])
    weights = torch.where(torch.arange(k.shape[1]) <= own, scores, -math.inf).softmax(2)
    return weights @ v, (k, v)


# %% right="cache: torch attends, place by place"
def cached_attention(x, w_q, w_k, w_v, cache=None):
    empty = x.new_zeros(len(x), 0, w_k.shape[1])
    keys, values = cache if cache is not None else (empty, empty)
    found = []
    for place in x.split(1, dim=1):
        keys, values = torch.cat([keys, place @ w_k], 1), torch.cat([values, place @ w_v], 1)
        found.append(F.scaled_dot_product_attention(place @ w_q, keys, values))
    return torch.cat(found, dim=1), (keys, values)


# %% wrong="cache: the mask of a fresh text"
def cached_attention(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    cache: tuple[torch.Tensor, torch.Tensor] | None = None,
) -> tuple[torch.Tensor, tuple[torch.Tensor, torch.Tensor]]:
    """What the new places x (batch, new, d_model) find (batch, new, d_head), and the keys and values of all places."""
    keys, values = x @ w_k, x @ w_v
    if cache is not None:
        keys, values = torch.cat([cache[0], keys], dim=1), torch.cat([cache[1], values], dim=1)
    new, every = x.shape[1], keys.shape[1]
    past = torch.ones(new, every, dtype=torch.bool).tril()
    scores = x @ w_q @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    return scores.masked_fill(~past, -math.inf).softmax(dim=-1) @ values, (keys, values)


# %% wrong="cache: new places see all new ones"
def cached_attention(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    cache: tuple[torch.Tensor, torch.Tensor] | None = None,
) -> tuple[torch.Tensor, tuple[torch.Tensor, torch.Tensor]]:
    """What the new places x (batch, new, d_model) find (batch, new, d_head), and the keys and values of all places."""
    keys, values = x @ w_k, x @ w_v
    if cache is not None:
        keys, values = torch.cat([cache[0], keys], dim=1), torch.cat([cache[1], values], dim=1)
    new, every = x.shape[1], keys.shape[1]
    past = torch.ones(new, every, dtype=torch.bool).tril(diagonal=every - new)
    scores = x @ w_q @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    return scores.softmax(dim=-1) @ values, (keys, values)


# %% wrong="cache: one too many"
def cached_attention(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    cache: tuple[torch.Tensor, torch.Tensor] | None = None,
) -> tuple[torch.Tensor, tuple[torch.Tensor, torch.Tensor]]:
    """What the new places x (batch, new, d_model) find (batch, new, d_head), and the keys and values of all places."""
    keys, values = x @ w_k, x @ w_v
    if cache is not None:
        keys, values = torch.cat([cache[0], keys], dim=1), torch.cat([cache[1], values], dim=1)
    new, every = x.shape[1], keys.shape[1]
    past = torch.ones(new, every, dtype=torch.bool).tril(diagonal=every - new + 1)
    scores = x @ w_q @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    return scores.masked_fill(~past, -math.inf).softmax(dim=-1) @ values, (keys, values)


# %% wrong="cache: new ones in front"
def cached_attention(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    cache: tuple[torch.Tensor, torch.Tensor] | None = None,
) -> tuple[torch.Tensor, tuple[torch.Tensor, torch.Tensor]]:
    """What the new places x (batch, new, d_model) find (batch, new, d_head), and the keys and values of all places."""
    keys, values = x @ w_k, x @ w_v
    if cache is not None:
        keys, values = torch.cat([keys, cache[0]], dim=1), torch.cat([values, cache[1]], dim=1)
    new, every = x.shape[1], keys.shape[1]
    past = torch.ones(new, every, dtype=torch.bool).tril(diagonal=every - new)
    scores = x @ w_q @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    return scores.masked_fill(~past, -math.inf).softmax(dim=-1) @ values, (keys, values)


# %% wrong="cache: keeps the new ones only"
def cached_attention(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    cache: tuple[torch.Tensor, torch.Tensor] | None = None,
) -> tuple[torch.Tensor, tuple[torch.Tensor, torch.Tensor]]:
    """What the new places x (batch, new, d_model) find (batch, new, d_head), and the keys and values of all places."""
    keys, values = x @ w_k, x @ w_v
    if cache is not None:
        keys, values = torch.cat([cache[0], keys], dim=1), torch.cat([cache[1], values], dim=1)
    new, every = x.shape[1], keys.shape[1]
    past = torch.ones(new, every, dtype=torch.bool).tril(diagonal=every - new)
    scores = x @ w_q @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    return scores.masked_fill(~past, -math.inf).softmax(dim=-1) @ values, (x @ w_k, x @ w_v)


# %% wrong="cache: values and keys swapped in the cache"
def cached_attention(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    cache: tuple[torch.Tensor, torch.Tensor] | None = None,
) -> tuple[torch.Tensor, tuple[torch.Tensor, torch.Tensor]]:
    """What the new places x (batch, new, d_model) find (batch, new, d_head), and the keys and values of all places."""
    keys, values = x @ w_k, x @ w_v
    if cache is not None:
        keys, values = torch.cat([cache[0], keys], dim=1), torch.cat([cache[1], values], dim=1)
    new, every = x.shape[1], keys.shape[1]
    past = torch.ones(new, every, dtype=torch.bool).tril(diagonal=every - new)
    scores = x @ w_q @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    return scores.masked_fill(~past, -math.inf).softmax(dim=-1) @ values, (values, keys)


# %% wrong="cache: forgets the cache"
def cached_attention(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    cache: tuple[torch.Tensor, torch.Tensor] | None = None,
) -> tuple[torch.Tensor, tuple[torch.Tensor, torch.Tensor]]:
    """What the new places x (batch, new, d_model) find (batch, new, d_head), and the keys and values of all places."""
    keys, values = x @ w_k, x @ w_v
    if False:
        keys, values = torch.cat([cache[0], keys], dim=1), torch.cat([cache[1], values], dim=1)
    new, every = x.shape[1], keys.shape[1]
    past = torch.ones(new, every, dtype=torch.bool).tril(diagonal=every - new)
    scores = x @ w_q @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    return scores.masked_fill(~past, -math.inf).softmax(dim=-1) @ values, (keys, values)


# %% wrong="cache: the root of d_model"
def cached_attention(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    cache: tuple[torch.Tensor, torch.Tensor] | None = None,
) -> tuple[torch.Tensor, tuple[torch.Tensor, torch.Tensor]]:
    """What the new places x (batch, new, d_model) find (batch, new, d_head), and the keys and values of all places."""
    keys, values = x @ w_k, x @ w_v
    if cache is not None:
        keys, values = torch.cat([cache[0], keys], dim=1), torch.cat([cache[1], values], dim=1)
    new, every = x.shape[1], keys.shape[1]
    past = torch.ones(new, every, dtype=torch.bool).tril(diagonal=every - new)
    scores = x @ w_q @ keys.transpose(1, 2) / x.shape[-1] ** 0.5
    return scores.masked_fill(~past, -math.inf).softmax(dim=-1) @ values, (keys, values)


# %% wrong="cache: right for single places only"
def cached_attention(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    cache: tuple[torch.Tensor, torch.Tensor] | None = None,
) -> tuple[torch.Tensor, tuple[torch.Tensor, torch.Tensor]]:
    """What the new places x (batch, new, d_model) find (batch, new, d_head), and the keys and values of all places."""
    keys, values = x @ w_k, x @ w_v
    if cache is not None:
        keys, values = torch.cat([cache[0], keys], dim=1), torch.cat([cache[1], values], dim=1)
    new, every = x.shape[1], keys.shape[1]
    past = torch.ones(new, every, dtype=torch.bool).tril(diagonal=every - 1)
    scores = x @ w_q @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    return scores.masked_fill(~past, -math.inf).softmax(dim=-1) @ values, (keys, values)


# %% wrong="cache: keys are detached"
def cached_attention(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    cache: tuple[torch.Tensor, torch.Tensor] | None = None,
) -> tuple[torch.Tensor, tuple[torch.Tensor, torch.Tensor]]:
    """What the new places x (batch, new, d_model) find (batch, new, d_head), and the keys and values of all places."""
    keys, values = (x @ w_k).detach(), x @ w_v
    if cache is not None:
        keys, values = torch.cat([cache[0], keys], dim=1), torch.cat([cache[1], values], dim=1)
    new, every = x.shape[1], keys.shape[1]
    past = torch.ones(new, every, dtype=torch.bool).tril(diagonal=every - new)
    scores = x @ w_q @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    return scores.masked_fill(~past, -math.inf).softmax(dim=-1) @ values, (keys, values)


# %% wrong="cache: old values are lost"
def cached_attention(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    cache: tuple[torch.Tensor, torch.Tensor] | None = None,
) -> tuple[torch.Tensor, tuple[torch.Tensor, torch.Tensor]]:
    """What the new places x (batch, new, d_model) find (batch, new, d_head), and the keys and values of all places."""
    keys, values = x @ w_k, x @ w_v
    if cache is not None:
        keys, values = torch.cat([cache[0], keys], dim=1), torch.cat([cache[1] * 0, values], dim=1)
    new, every = x.shape[1], keys.shape[1]
    past = torch.ones(new, every, dtype=torch.bool).tril(diagonal=every - new)
    scores = x @ w_q @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    return scores.masked_fill(~past, -math.inf).softmax(dim=-1) @ values, (keys, values)


# %% equivalent="cache: two axes change places in either order"
# - scores = x @ w_q @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
# + scores = x @ w_q @ keys.transpose(2, 1) / keys.shape[-1] ** 0.5


# %% [markdown] explains="cache"
# The new keys and values are put behind the old ones. The mask has a row for each new place and a column for every place: with `every - new` old ones, new place i may see columns up to `every - new + i`, and that is `tril(diagonal=every - new)`. With a single new place the whole row is true, and with no cache the diagonal is 0, the causal mask as always.
#
# New tensors are made by `cat`, so the caller's cache stays as it was.
