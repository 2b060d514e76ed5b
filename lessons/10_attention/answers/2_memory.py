# Answers to the exercises of 2_memory.py, right and wrong: what `course audit` grades. No student sees them.

# %% right="rnn: one matrix for both, a list of losses"
def cell(x, h, w_x, w_h, b):
    return torch.tanh(torch.cat([x, h], dim=1) @ torch.cat([w_x, w_h]) + b)


def truncated(step, inputs, h, length):
    total = 0.0
    for chunk in torch.split(inputs, length):
        h, costs = h.detach(), []
        for x in chunk:
            h, cost = step(x, h)
            costs.append(cost)
        loss = torch.stack(costs).sum()
        loss.backward()
        total = total + float(loss)
    return h.detach(), total


# %% right="rnn: counts its steps"
def cell(x, h, w_x, w_h, b):
    z = b + h @ w_h + x @ w_x
    return z.tanh()


def truncated(step, inputs, h, length):
    total, loss = 0.0, 0.0
    for number in range(len(inputs)):
        if number % length == 0:
            h = h.detach()
        h, cost = step(inputs[number], h)
        loss = loss + cost
        if (number + 1) % length == 0 or number + 1 == len(inputs):
            loss.backward()
            total, loss = total + loss.item(), 0.0
    return h.detach(), total


# %% wrong="rnn: no tanh"
def cell(x: torch.Tensor, h: torch.Tensor, w_x: torch.Tensor, w_h: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The next state (batch, hidden), from x (batch, features) and the state h (batch, hidden)."""
    return x @ w_x + h @ w_h + b


def truncated(step, inputs, h: torch.Tensor, length: int) -> tuple[torch.Tensor, float]:
    """The last state, and the loss of all steps together; slopes walk back through at most length steps."""
    total = 0.0
    for start in range(0, len(inputs), length):
        h = h.detach()
        loss = torch.zeros(())
        for x in inputs[start : start + length]:
            h, cost = step(x, h)
            loss = loss + cost
        loss.backward()
        total += loss.item()
    return h.detach(), total


# %% wrong="rnn: a sigmoid"
def cell(x: torch.Tensor, h: torch.Tensor, w_x: torch.Tensor, w_h: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The next state (batch, hidden), from x (batch, features) and the state h (batch, hidden)."""
    return torch.sigmoid(x @ w_x + h @ w_h + b)


def truncated(step, inputs, h: torch.Tensor, length: int) -> tuple[torch.Tensor, float]:
    """The last state, and the loss of all steps together; slopes walk back through at most length steps."""
    total = 0.0
    for start in range(0, len(inputs), length):
        h = h.detach()
        loss = torch.zeros(())
        for x in inputs[start : start + length]:
            h, cost = step(x, h)
            loss = loss + cost
        loss.backward()
        total += loss.item()
    return h.detach(), total


# %% wrong="rnn: forgets the state"
def cell(x: torch.Tensor, h: torch.Tensor, w_x: torch.Tensor, w_h: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The next state (batch, hidden), from x (batch, features) and the state h (batch, hidden)."""
    return torch.tanh(x @ w_x + b)


def truncated(step, inputs, h: torch.Tensor, length: int) -> tuple[torch.Tensor, float]:
    """The last state, and the loss of all steps together; slopes walk back through at most length steps."""
    total = 0.0
    for start in range(0, len(inputs), length):
        h = h.detach()
        loss = torch.zeros(())
        for x in inputs[start : start + length]:
            h, cost = step(x, h)
            loss = loss + cost
        loss.backward()
        total += loss.item()
    return h.detach(), total


# %% wrong="rnn: the bias twice"
def cell(x: torch.Tensor, h: torch.Tensor, w_x: torch.Tensor, w_h: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The next state (batch, hidden), from x (batch, features) and the state h (batch, hidden)."""
    return torch.tanh(x @ w_x + h @ w_h + b + b)


def truncated(step, inputs, h: torch.Tensor, length: int) -> tuple[torch.Tensor, float]:
    """The last state, and the loss of all steps together; slopes walk back through at most length steps."""
    total = 0.0
    for start in range(0, len(inputs), length):
        h = h.detach()
        loss = torch.zeros(())
        for x in inputs[start : start + length]:
            h, cost = step(x, h)
            loss = loss + cost
        loss.backward()
        total += loss.item()
    return h.detach(), total


# %% wrong="rnn: begins each chunk with zeros"
def cell(x: torch.Tensor, h: torch.Tensor, w_x: torch.Tensor, w_h: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The next state (batch, hidden), from x (batch, features) and the state h (batch, hidden)."""
    return torch.tanh(x @ w_x + h @ w_h + b)


def truncated(step, inputs, h: torch.Tensor, length: int) -> tuple[torch.Tensor, float]:
    """The last state, and the loss of all steps together; slopes walk back through at most length steps."""
    total = 0.0
    for start in range(0, len(inputs), length):
        h = torch.zeros_like(h)
        loss = torch.zeros(())
        for x in inputs[start : start + length]:
            h, cost = step(x, h)
            loss = loss + cost
        loss.backward()
        total += loss.item()
    return h.detach(), total


# %% wrong="rnn: detaches at every step"
def cell(x: torch.Tensor, h: torch.Tensor, w_x: torch.Tensor, w_h: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The next state (batch, hidden), from x (batch, features) and the state h (batch, hidden)."""
    return torch.tanh(x @ w_x + h @ w_h + b)


def truncated(step, inputs, h: torch.Tensor, length: int) -> tuple[torch.Tensor, float]:
    """The last state, and the loss of all steps together; slopes walk back through at most length steps."""
    total = 0.0
    for start in range(0, len(inputs), length):
        h = h.detach()
        loss = torch.zeros(())
        for x in inputs[start : start + length]:
            h, cost = step(x, h.detach())
            loss = loss + cost
        loss.backward()
        total += loss.item()
    return h.detach(), total


# %% wrong="rnn: chunks that overlap"
def cell(x: torch.Tensor, h: torch.Tensor, w_x: torch.Tensor, w_h: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The next state (batch, hidden), from x (batch, features) and the state h (batch, hidden)."""
    return torch.tanh(x @ w_x + h @ w_h + b)


def truncated(step, inputs, h: torch.Tensor, length: int) -> tuple[torch.Tensor, float]:
    """The last state, and the loss of all steps together; slopes walk back through at most length steps."""
    total = 0.0
    for start in range(0, len(inputs), length):
        h = h.detach()
        loss = torch.zeros(())
        for x in inputs[start : start + length + 1]:
            h, cost = step(x, h)
            loss = loss + cost
        loss.backward()
        total += loss.item()
    return h.detach(), total


# %% wrong="rnn: only full chunks"
def cell(x: torch.Tensor, h: torch.Tensor, w_x: torch.Tensor, w_h: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The next state (batch, hidden), from x (batch, features) and the state h (batch, hidden)."""
    return torch.tanh(x @ w_x + h @ w_h + b)


def truncated(step, inputs, h: torch.Tensor, length: int) -> tuple[torch.Tensor, float]:
    """The last state, and the loss of all steps together; slopes walk back through at most length steps."""
    total = 0.0
    for start in range(0, len(inputs) - length + 1, length):
        h = h.detach()
        loss = torch.zeros(())
        for x in inputs[start : start + length]:
            h, cost = step(x, h)
            loss = loss + cost
        loss.backward()
        total += loss.item()
    return h.detach(), total


# %% wrong="rnn: the last cost only"
def cell(x: torch.Tensor, h: torch.Tensor, w_x: torch.Tensor, w_h: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The next state (batch, hidden), from x (batch, features) and the state h (batch, hidden)."""
    return torch.tanh(x @ w_x + h @ w_h + b)


def truncated(step, inputs, h: torch.Tensor, length: int) -> tuple[torch.Tensor, float]:
    """The last state, and the loss of all steps together; slopes walk back through at most length steps."""
    total = 0.0
    for start in range(0, len(inputs), length):
        h = h.detach()
        loss = torch.zeros(())
        for x in inputs[start : start + length]:
            h, cost = step(x, h)
            loss = cost
        loss.backward()
        total += loss.item()
    return h.detach(), total


# %% wrong="rnn: one chunk of everything"
def cell(x: torch.Tensor, h: torch.Tensor, w_x: torch.Tensor, w_h: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The next state (batch, hidden), from x (batch, features) and the state h (batch, hidden)."""
    return torch.tanh(x @ w_x + h @ w_h + b)


def truncated(step, inputs, h: torch.Tensor, length: int) -> tuple[torch.Tensor, float]:
    """The last state, and the loss of all steps together; slopes walk back through at most length steps."""
    total = 0.0
    for start in [0]:
        h = h.detach()
        loss = torch.zeros(())
        for x in inputs:
            h, cost = step(x, h)
            loss = loss + cost
        loss.backward()
        total += loss.item()
    return h.detach(), total


# %% wrong="rnn: the mean of the chunk"
def cell(x: torch.Tensor, h: torch.Tensor, w_x: torch.Tensor, w_h: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The next state (batch, hidden), from x (batch, features) and the state h (batch, hidden)."""
    return torch.tanh(x @ w_x + h @ w_h + b)


def truncated(step, inputs, h: torch.Tensor, length: int) -> tuple[torch.Tensor, float]:
    """The last state, and the loss of all steps together; slopes walk back through at most length steps."""
    total = 0.0
    for start in range(0, len(inputs), length):
        h = h.detach()
        loss = torch.zeros(())
        for x in inputs[start : start + length]:
            h, cost = step(x, h)
            loss = loss + cost
        (loss / length).backward()
        total += loss.item()
    return h.detach(), total


# %% [markdown] explains="rnn"
# `detach()` at the start of a chunk keeps the value of the state and drops its past, so `backward()` ends there. Zeros would drop the value too, and the cell would forget everything between chunks.
# Detaching at *every* step would be a walk of length 1. The slopes of all chunks add up in `.grad`, as `backward` always does.


# %% right="attention: einsum and a softmax by hand"
def attention(queries, keys, values, mask=None):
    scores = torch.einsum("...qd,...kd->...qk", queries, keys) / math.sqrt(keys.shape[-1])
    if mask is not None:
        scores = torch.where(mask, scores, -math.inf)
    powers = torch.exp(scores - scores.max(dim=-1, keepdim=True).values)
    weights = powers / powers.sum(dim=-1, keepdim=True)
    return torch.einsum("...qk,...kv->...qv", weights, values), weights


# %% right="attention: scaled queries, a mask that is added"
def attention(queries, keys, values, mask=None):
    scores = (queries * keys.size(-1) ** -0.5).matmul(keys.mT)
    if mask is not None:
        scores = scores + torch.zeros(mask.shape, dtype=scores.dtype).masked_fill(mask.logical_not(), float("-inf"))
    weights = F.softmax(scores, dim=-1)
    return [weights.matmul(values), weights]


# %% wrong="attention: no root"
def attention(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, mask: torch.Tensor | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """What each query finds (…, queries, v) and its weights (…, queries, keys)."""
    scores = queries @ keys.transpose(-1, -2)
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    weights = scores.softmax(dim=-1)
    return weights @ values, weights


# %% wrong="attention: divided by d"
def attention(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, mask: torch.Tensor | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """What each query finds (…, queries, v) and its weights (…, queries, keys)."""
    scores = queries @ keys.transpose(-1, -2) / queries.shape[-1]
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    weights = scores.softmax(dim=-1)
    return weights @ values, weights


# %% wrong="attention: the root of the number of keys"
def attention(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, mask: torch.Tensor | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """What each query finds (…, queries, v) and its weights (…, queries, keys)."""
    scores = queries @ keys.transpose(-1, -2) / keys.shape[-2] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    weights = scores.softmax(dim=-1)
    return weights @ values, weights


# %% wrong="attention: softmax over the queries"
def attention(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, mask: torch.Tensor | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """What each query finds (…, queries, v) and its weights (…, queries, keys)."""
    scores = queries @ keys.transpose(-1, -2) / queries.shape[-1] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    weights = scores.softmax(dim=-2)
    return weights @ values, weights


# %% wrong="attention: the mask the wrong way round"
def attention(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, mask: torch.Tensor | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """What each query finds (…, queries, v) and its weights (…, queries, keys)."""
    scores = queries @ keys.transpose(-1, -2) / queries.shape[-1] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(mask, -math.inf)
    weights = scores.softmax(dim=-1)
    return weights @ values, weights


# %% wrong="attention: forbidden scores are zero"
def attention(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, mask: torch.Tensor | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """What each query finds (…, queries, v) and its weights (…, queries, keys)."""
    scores = queries @ keys.transpose(-1, -2) / queries.shape[-1] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, 0.0)
    weights = scores.softmax(dim=-1)
    return weights @ values, weights


# %% wrong="attention: masks after the softmax"
def attention(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, mask: torch.Tensor | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """What each query finds (…, queries, v) and its weights (…, queries, keys)."""
    scores = queries @ keys.transpose(-1, -2) / queries.shape[-1] ** 0.5
    weights = scores.softmax(dim=-1)
    if mask is not None:
        weights = weights * mask
    return weights @ values, weights


# %% wrong="attention: a softmax that overflows"
def attention(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, mask: torch.Tensor | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """What each query finds (…, queries, v) and its weights (…, queries, keys)."""
    scores = queries @ keys.transpose(-1, -2) / queries.shape[-1] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    weights = scores.exp() / scores.exp().sum(dim=-1, keepdim=True)
    return weights @ values, weights


# %% wrong="attention: values and keys swapped"
def attention(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, mask: torch.Tensor | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """What each query finds (…, queries, v) and its weights (…, queries, keys)."""
    scores = queries @ keys.transpose(-1, -2) / queries.shape[-1] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    weights = scores.softmax(dim=-1)
    return (weights @ values, weights)[::-1]


# %% wrong="attention: transposes for a single text only"
def attention(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, mask: torch.Tensor | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """What each query finds (…, queries, v) and its weights (…, queries, keys)."""
    scores = queries @ keys.transpose(0, 1) / queries.shape[-1] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    weights = scores.softmax(dim=-1)
    return weights @ values, weights


# %% wrong="attention: a mask of minus one thousand"
def attention(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, mask: torch.Tensor | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """What each query finds (…, queries, v) and its weights (…, queries, keys)."""
    scores = queries @ keys.transpose(-1, -2) / queries.shape[-1] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, -1000.0)
    weights = scores.softmax(dim=-1)
    return weights @ values, weights


# %% wrong="attention: the ready-made one"
def attention(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, mask: torch.Tensor | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """What each query finds (…, queries, v) and its weights (…, queries, keys)."""
    scores = queries @ keys.transpose(-1, -2) / queries.shape[-1] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    weights = scores.softmax(dim=-1)
    return F.scaled_dot_product_attention(queries, keys, values, mask), weights


# %% equivalent="attention: two axes change places in either order"
# - scores = queries @ keys.transpose(-1, -2) / queries.shape[-1] ** 0.5
# + scores = queries @ keys.transpose(-2, -1) / queries.shape[-1] ** 0.5


# %% [markdown] explains="attention"
# Row i of `queries @ keys.transpose(-1, -2)` holds the scores of query i with all keys. The softmax runs along the keys (the last axis), so that each query's weights add up to 1, and the product with the values is a weighted mean.
#
# The mask must act *before* the softmax. Zeroed afterwards, the rest of a row no longer adds up to 1, and the forbidden scores still count in the denominator. And it must be $-\infty$: a score of 0 is an ordinary score, $e^0 = 1$.


# %% right="causal: masked_fill above the diagonal"
def causal(scores):
    n = scores.size(-1)
    later = torch.ones(n, n).triu(diagonal=1) == 1
    return scores.masked_fill(later, float("-inf"))


# %% right="causal: compares places"
def causal(scores):
    place = torch.arange(scores.shape[-1])
    return torch.where(place[None, :] <= place[:, None], scores, torch.tensor(-math.inf, dtype=scores.dtype))


# %% wrong="causal: sees one too many"
def causal(scores: torch.Tensor) -> torch.Tensor:
    """The scores (…, seq, seq), with minus infinity wherever a query (row) would look at a later key (column)."""
    seq = scores.shape[-1]
    past = torch.ones(seq, seq, dtype=torch.bool).tril(diagonal=1)
    return torch.where(past, scores, -math.inf)


# %% wrong="causal: does not see itself"
def causal(scores: torch.Tensor) -> torch.Tensor:
    """The scores (…, seq, seq), with minus infinity wherever a query (row) would look at a later key (column)."""
    seq = scores.shape[-1]
    past = torch.ones(seq, seq, dtype=torch.bool).tril(diagonal=-1)
    return torch.where(past, scores, -math.inf)


# %% wrong="causal: sees the future only"
def causal(scores: torch.Tensor) -> torch.Tensor:
    """The scores (…, seq, seq), with minus infinity wherever a query (row) would look at a later key (column)."""
    seq = scores.shape[-1]
    past = torch.ones(seq, seq, dtype=torch.bool).triu()
    return torch.where(past, scores, -math.inf)


# %% wrong="causal: zeros"
def causal(scores: torch.Tensor) -> torch.Tensor:
    """The scores (…, seq, seq), with minus infinity wherever a query (row) would look at a later key (column)."""
    seq = scores.shape[-1]
    past = torch.ones(seq, seq, dtype=torch.bool).tril()
    return torch.where(past, scores, 0.0)


# %% wrong="causal: a large number"
def causal(scores: torch.Tensor) -> torch.Tensor:
    """The scores (…, seq, seq), with minus infinity wherever a query (row) would look at a later key (column)."""
    seq = scores.shape[-1]
    past = torch.ones(seq, seq, dtype=torch.bool).tril()
    return torch.where(past, scores, -1e9)


# %% wrong="causal: swapped"
def causal(scores: torch.Tensor) -> torch.Tensor:
    """The scores (…, seq, seq), with minus infinity wherever a query (row) would look at a later key (column)."""
    seq = scores.shape[-1]
    past = torch.ones(seq, seq, dtype=torch.bool).tril()
    return torch.where(~past, scores, -math.inf)


# %% wrong="causal: multiplies by the mask"
def causal(scores: torch.Tensor) -> torch.Tensor:
    """The scores (…, seq, seq), with minus infinity wherever a query (row) would look at a later key (column)."""
    seq = scores.shape[-1]
    past = torch.ones(seq, seq, dtype=torch.bool).tril()
    return scores * past + torch.where(past, 0.0, -1e30)


# %% wrong="causal: changes the scores themselves"
def causal(scores: torch.Tensor) -> torch.Tensor:
    """The scores (…, seq, seq), with minus infinity wherever a query (row) would look at a later key (column)."""
    seq = scores.shape[-1]
    past = torch.ones(seq, seq, dtype=torch.bool).tril()
    with torch.no_grad():
        scores[..., ~past] = -math.inf
    return scores


# %% [markdown] explains="causal"
# `tril` keeps the diagonal and what is below it: query i (row) sees the keys 0 to i (columns). The diagonal belongs to it, since a token may see itself; its answer is the *next* one. `torch.where` takes the score where the mask is true, and $-\infty$ elsewhere, which the softmax turns into exactly 0.


# %% right="leaky: masks what comes later"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    """Causal attention of one head: (batch, seq, d_model) to (batch, seq, d_head)."""
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    scores = queries @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    seen = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).triu(diagonal=1)
    weights = scores.masked_fill(seen, -math.inf).softmax(dim=-1)
    return weights @ values


# %% right="leaky: torch does it"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    """Causal attention of one head: (batch, seq, d_model) to (batch, seq, d_head)."""
    return F.scaled_dot_product_attention(x @ w_q, x @ w_k, x @ w_v, is_causal=True)


# %% right="leaky: diagonal 0, said aloud"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    """Causal attention of one head: (batch, seq, d_model) to (batch, seq, d_head)."""
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    scores = queries @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    seen = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).tril(diagonal=0)
    weights = scores.masked_fill(~seen, -math.inf).softmax(dim=-1)
    return weights @ values


# %% wrong="leaky: as it was"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    """Causal attention of one head: (batch, seq, d_model) to (batch, seq, d_head)."""
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    scores = queries @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    seen = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).tril(diagonal=1)
    weights = scores.masked_fill(~seen, -math.inf).softmax(dim=-1)
    return weights @ values


# %% wrong="leaky: one too few"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    """Causal attention of one head: (batch, seq, d_model) to (batch, seq, d_head)."""
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    scores = queries @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    seen = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).tril(diagonal=-1)
    weights = scores.masked_fill(~seen, -1e9).softmax(dim=-1)
    return weights @ values


# %% wrong="leaky: no mask"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    """Causal attention of one head: (batch, seq, d_model) to (batch, seq, d_head)."""
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    scores = queries @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    seen = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).tril()
    weights = scores.softmax(dim=-1)
    return weights @ values


# %% wrong="leaky: the first row only"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    """Causal attention of one head: (batch, seq, d_model) to (batch, seq, d_head)."""
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    scores = queries @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    seen = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).tril(diagonal=1)
    seen[0, 1:] = False
    weights = scores.masked_fill(~seen, -math.inf).softmax(dim=-1)
    return weights @ values


# %% wrong="leaky: forbidden scores are zero"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    """Causal attention of one head: (batch, seq, d_model) to (batch, seq, d_head)."""
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    scores = queries @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    seen = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).tril()
    weights = scores.masked_fill(~seen, 0.0).softmax(dim=-1)
    return weights @ values


# %% wrong="leaky: the other triangle"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    """Causal attention of one head: (batch, seq, d_model) to (batch, seq, d_head)."""
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    scores = queries @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    seen = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).triu()
    weights = scores.masked_fill(~seen, -math.inf).softmax(dim=-1)
    return weights @ values


# %% wrong="leaky: no root any more"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    """Causal attention of one head: (batch, seq, d_model) to (batch, seq, d_head)."""
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    scores = queries @ keys.transpose(1, 2)
    seen = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).tril()
    weights = scores.masked_fill(~seen, -math.inf).softmax(dim=-1)
    return weights @ values


# %% wrong="leaky: the mask after the softmax"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    """Causal attention of one head: (batch, seq, d_model) to (batch, seq, d_head)."""
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    scores = queries @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    seen = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).tril()
    weights = scores.softmax(dim=-1) * seen
    return weights @ values


# %% wrong="leaky: the root of d_model"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    """Causal attention of one head: (batch, seq, d_model) to (batch, seq, d_head)."""
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    scores = queries @ keys.transpose(1, 2) / x.shape[-1] ** 0.5
    seen = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).tril()
    weights = scores.masked_fill(~seen, -math.inf).softmax(dim=-1)
    return weights @ values


# %% equivalent="leaky: two axes change places in either order"
# - scores = queries @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
# + scores = queries @ keys.transpose(2, 1) / keys.shape[-1] ** 0.5


# %% [markdown] explains="leaky"
# `tril(diagonal=1)` keeps one diagonal too many: place i sees token i + 1, which is the answer that it is asked for. So the model learns to copy it, in training and on any other text, and its loss says nothing. When it writes there is no token i + 1, and it has learnt nothing else.
