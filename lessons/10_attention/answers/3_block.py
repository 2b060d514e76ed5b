# Answers to the exercises of 3_block.py, right and wrong: what `course audit` grades. No student sees them.

# %% right="multi_head: a loop over heads"
def multi_head(x, w_q, w_k, w_v, w_o, heads, causal):
    d_model = x.shape[-1]
    size, seq, found = d_model // heads, x.shape[1], []
    past = torch.ones(seq, seq, dtype=torch.bool).tril()
    for start in range(0, d_model, size):
        part = slice(start, start + size)
        q, k, v = x @ w_q[:, part], x @ w_k[:, part], x @ w_v[:, part]
        scores = q @ k.mT / size**0.5
        if causal:
            scores = scores.masked_fill(~past, -math.inf)
        found.append(scores.softmax(-1) @ v)
    return torch.cat(found, dim=-1) @ w_o


# %% right="multi_head: einsum throughout"
def multi_head(x, w_q, w_k, w_v, w_o, heads, causal):
    batch, seq, d_model = x.shape
    q, k, v = [(x @ w).view(batch, seq, heads, d_model // heads) for w in (w_q, w_k, w_v)]
    scores = torch.einsum("bqhd,bkhd->bhqk", q, k) / math.sqrt(d_model / heads)
    if causal:
        scores = torch.where(torch.arange(seq)[:, None] >= torch.arange(seq), scores, -math.inf)
    found = torch.einsum("bhqk,bkhd->bqhd", scores.softmax(dim=-1), v)
    return found.reshape(batch, seq, d_model) @ w_o


# %% wrong="multi_head: reshaped at once"
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
    q, k, v = ((x @ w).reshape(len(x), heads, x.shape[1], -1) for w in (w_q, w_k, w_v))
    found = F.scaled_dot_product_attention(q, k, v, is_causal=causal)
    return found.transpose(1, 2).flatten(-2) @ w_o


# %% wrong="multi_head: put together without moving the heads back"
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
    q, k, v = ((x @ w).unflatten(-1, (heads, -1)).transpose(1, 2) for w in (w_q, w_k, w_v))
    found = F.scaled_dot_product_attention(q, k, v, is_causal=causal)
    return found.reshape(x.shape) @ w_o


# %% wrong="multi_head: heads take turns"
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
    q, k, v = ((x @ w).unflatten(-1, (-1, heads)).permute(0, 3, 1, 2) for w in (w_q, w_k, w_v))
    found = F.scaled_dot_product_attention(q, k, v, is_causal=causal)
    return found.permute(0, 2, 3, 1).flatten(-2) @ w_o


# %% wrong="multi_head: one head"
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
    q, k, v = ((x @ w).unflatten(-1, (1, -1)).transpose(1, 2) for w in (w_q, w_k, w_v))
    found = F.scaled_dot_product_attention(q, k, v, is_causal=causal)
    return found.transpose(1, 2).flatten(-2) @ w_o


# %% wrong="multi_head: the root of d_model"
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
    q, k, v = ((x @ w).unflatten(-1, (heads, -1)).transpose(1, 2) for w in (w_q, w_k, w_v))
    found = F.scaled_dot_product_attention(q, k, v, is_causal=causal, scale=x.shape[-1] ** -0.5)
    return found.transpose(1, 2).flatten(-2) @ w_o


# %% wrong="multi_head: always causal"
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
    q, k, v = ((x @ w).unflatten(-1, (heads, -1)).transpose(1, 2) for w in (w_q, w_k, w_v))
    found = F.scaled_dot_product_attention(q, k, v, is_causal=True)
    return found.transpose(1, 2).flatten(-2) @ w_o


# %% wrong="multi_head: never causal"
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
    q, k, v = ((x @ w).unflatten(-1, (heads, -1)).transpose(1, 2) for w in (w_q, w_k, w_v))
    found = F.scaled_dot_product_attention(q, k, v, is_causal=False)
    return found.transpose(1, 2).flatten(-2) @ w_o


# %% wrong="multi_head: nothing mixes the heads"
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
    q, k, v = ((x @ w).unflatten(-1, (heads, -1)).transpose(1, 2) for w in (w_q, w_k, w_v))
    found = F.scaled_dot_product_attention(q, k, v, is_causal=causal)
    return found.transpose(1, 2).flatten(-2)


# %% wrong="multi_head: keys and values swapped"
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
    q, k, v = ((x @ w).unflatten(-1, (heads, -1)).transpose(1, 2) for w in (w_q, w_v, w_k))
    found = F.scaled_dot_product_attention(q, k, v, is_causal=causal)
    return found.transpose(1, 2).flatten(-2) @ w_o


# %% wrong="multi_head: transposed matrices, as in nn.Linear"
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
    q, k, v = ((x @ w.T).unflatten(-1, (heads, -1)).transpose(1, 2) for w in (w_q, w_k, w_v))
    found = F.scaled_dot_product_attention(q, k, v, is_causal=causal)
    return found.transpose(1, 2).flatten(-2) @ w_o


# %% equivalent="multi_head: two axes change places in either order"
# - q, k, v = ((x @ w).unflatten(-1, (heads, -1)).transpose(1, 2) for w in (w_q, w_k, w_v))
# + q, k, v = ((x @ w).unflatten(-1, (heads, -1)).transpose(2, 1) for w in (w_q, w_k, w_v))


# %% equivalent="multi_head: the last two of four axes either way"
# - return found.transpose(1, 2).flatten(-2) @ w_o
# + return found.transpose(1, 2).flatten(2) @ w_o


# %% equivalent="multi_head: two axes change places in either order, case 2"
# - return found.transpose(1, 2).flatten(-2) @ w_o
# + return found.transpose(2, 1).flatten(-2) @ w_o


# %% [markdown] explains="multi_head"
# `unflatten` cuts the last axis, the numbers of one token, into (heads, d_head), and `transpose(1, 2)` moves the heads before the places, so that attention sees them as a batch. A `reshape` to (batch, heads, seq, d_head) at once has the same shape, and reads the numbers
# in the order of memory: it cuts the *text* into heads.
#
# On the way back the heads move behind the places first, then they are flattened. The root is that of d_head, since each score is a sum of d_head products.


# %% right="bert_mlp: the bend as a module"
class BertMLP(nn.Module):
    def __init__(self, d_model, d_hidden, dropout=0.1):
        super().__init__()
        self.up, self.down = nn.Linear(d_model, d_hidden), nn.Linear(d_hidden, d_model)
        self.norm, self.dropout, self.bend = nn.LayerNorm(d_model), nn.Dropout(p=dropout), nn.GELU()

    def forward(self, x):
        return self.norm(self.dropout(self.down(self.bend(self.up(x)))) + x)


# %% right="bert_mlp: dropout by function"
class BertMLP(nn.Module):
    def __init__(self, d_model: int, d_hidden: int, dropout: float = 0.1):
        super().__init__()
        self.up = nn.Linear(in_features=d_model, out_features=d_hidden)
        self.down = nn.Linear(in_features=d_hidden, out_features=d_model)
        self.chance = dropout
        self.norm = nn.LayerNorm((d_model,), eps=1e-5)

    def forward(self, x):
        hidden = F.gelu(self.up(x))
        out = F.dropout(self.down(hidden), self.chance, self.training)
        return self.norm(x + out)


# %% wrong="bert_mlp: pre-norm"
class BertMLP(nn.Module):
    """Up, bend, down, with dropout, residual and norm: (…, d_model) in and out."""

    def __init__(self, d_model: int, d_hidden: int, dropout: float = 0.1):
        super().__init__()
        self.up = nn.Linear(d_model, d_hidden)
        self.down = nn.Linear(d_hidden, d_model)
        self.dropout = nn.Dropout(dropout)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.down(F.gelu(self.up(self.norm(x))))
        return x + self.dropout(out)


# %% wrong="bert_mlp: no residual"
class BertMLP(nn.Module):
    """Up, bend, down, with dropout, residual and norm: (…, d_model) in and out."""

    def __init__(self, d_model: int, d_hidden: int, dropout: float = 0.1):
        super().__init__()
        self.up = nn.Linear(d_model, d_hidden)
        self.down = nn.Linear(d_hidden, d_model)
        self.dropout = nn.Dropout(dropout)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.down(F.gelu(self.up(x)))
        return self.norm(self.dropout(out))


# %% wrong="bert_mlp: ReLU"
class BertMLP(nn.Module):
    """Up, bend, down, with dropout, residual and norm: (…, d_model) in and out."""

    def __init__(self, d_model: int, d_hidden: int, dropout: float = 0.1):
        super().__init__()
        self.up = nn.Linear(d_model, d_hidden)
        self.down = nn.Linear(d_hidden, d_model)
        self.dropout = nn.Dropout(dropout)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.down(F.relu(self.up(x)))
        return self.norm(x + self.dropout(out))


# %% wrong="bert_mlp: no bend"
class BertMLP(nn.Module):
    """Up, bend, down, with dropout, residual and norm: (…, d_model) in and out."""

    def __init__(self, d_model: int, d_hidden: int, dropout: float = 0.1):
        super().__init__()
        self.up = nn.Linear(d_model, d_hidden)
        self.down = nn.Linear(d_hidden, d_model)
        self.dropout = nn.Dropout(dropout)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.down(self.up(x))
        return self.norm(x + self.dropout(out))


# %% wrong="bert_mlp: the approximate GELU's cousin"
class BertMLP(nn.Module):
    """Up, bend, down, with dropout, residual and norm: (…, d_model) in and out."""

    def __init__(self, d_model: int, d_hidden: int, dropout: float = 0.1):
        super().__init__()
        self.up = nn.Linear(d_model, d_hidden)
        self.down = nn.Linear(d_hidden, d_model)
        self.dropout = nn.Dropout(dropout)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.down(F.silu(self.up(x)))
        return self.norm(x + self.dropout(out))


# %% wrong="bert_mlp: drops from the sum"
class BertMLP(nn.Module):
    """Up, bend, down, with dropout, residual and norm: (…, d_model) in and out."""

    def __init__(self, d_model: int, d_hidden: int, dropout: float = 0.1):
        super().__init__()
        self.up = nn.Linear(d_model, d_hidden)
        self.down = nn.Linear(d_hidden, d_model)
        self.dropout = nn.Dropout(dropout)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.down(F.gelu(self.up(x)))
        return self.norm(self.dropout(x + out))


# %% wrong="bert_mlp: drops in the hidden layer"
class BertMLP(nn.Module):
    """Up, bend, down, with dropout, residual and norm: (…, d_model) in and out."""

    def __init__(self, d_model: int, d_hidden: int, dropout: float = 0.1):
        super().__init__()
        self.up = nn.Linear(d_model, d_hidden)
        self.down = nn.Linear(d_hidden, d_model)
        self.dropout = nn.Dropout(dropout)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.down(self.dropout(F.gelu(self.up(x))))
        return self.norm(x + out)


# %% wrong="bert_mlp: no dropout"
class BertMLP(nn.Module):
    """Up, bend, down, with dropout, residual and norm: (…, d_model) in and out."""

    def __init__(self, d_model: int, d_hidden: int, dropout: float = 0.1):
        super().__init__()
        self.up = nn.Linear(d_model, d_hidden)
        self.down = nn.Linear(d_hidden, d_model)
        self.dropout = nn.Dropout(dropout)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.down(F.gelu(self.up(x)))
        return self.norm(x + out)


# %% wrong="bert_mlp: a bend after the second layer too"
class BertMLP(nn.Module):
    """Up, bend, down, with dropout, residual and norm: (…, d_model) in and out."""

    def __init__(self, d_model: int, d_hidden: int, dropout: float = 0.1):
        super().__init__()
        self.up = nn.Linear(d_model, d_hidden)
        self.down = nn.Linear(d_hidden, d_model)
        self.dropout = nn.Dropout(dropout)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = F.gelu(self.down(F.gelu(self.up(x))))
        return self.norm(x + self.dropout(out))


# %% wrong="bert_mlp: the chance of 0.1 whatever is asked"
class BertMLP(nn.Module):
    """Up, bend, down, with dropout, residual and norm: (…, d_model) in and out."""

    def __init__(self, d_model: int, d_hidden: int, dropout: float = 0.1):
        super().__init__()
        self.up = nn.Linear(d_model, d_hidden)
        self.down = nn.Linear(d_hidden, d_model)
        self.dropout = nn.Dropout(0.1)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.down(F.gelu(self.up(x)))
        return self.norm(x + self.dropout(out))


# %% wrong="bert_mlp: norms what the MLP says"
class BertMLP(nn.Module):
    """Up, bend, down, with dropout, residual and norm: (…, d_model) in and out."""

    def __init__(self, d_model: int, d_hidden: int, dropout: float = 0.1):
        super().__init__()
        self.up = nn.Linear(d_model, d_hidden)
        self.down = nn.Linear(d_hidden, d_model)
        self.dropout = nn.Dropout(dropout)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.down(F.gelu(self.up(x)))
        return x + self.norm(self.dropout(out))


# %% [markdown] explains="bert_mlp"
# Up, bend, down; dropout on what came out; add `x`; norm last. With dropout after the addition the signal that comes in would be dropped too, and the shortcut would be broken. LayerNorm is given d_model, the length of the vectors that it normalises one by one.


# %% right="Block: in one line, options for the parts"
class Block(nn.Module):
    def __init__(self, d_model, attention, mlp):
        super().__init__()
        self.attention = attention
        self.mlp = mlp
        self.norm1 = nn.LayerNorm(d_model)
        self.norm2 = nn.LayerNorm(d_model)

    def forward(self, x):
        between = self.attention(self.norm1(x)) + x
        return self.mlp(self.norm2(between)) + between


# %% right="Block: a loop over both halves"
class Block(nn.Module):
    def __init__(self, d_model, attention, mlp):
        nn.Module.__init__(self)
        for name, module in {
            "norm1": nn.LayerNorm([d_model]),
            "attention": attention,
            "norm2": nn.LayerNorm([d_model]),
            "mlp": mlp,
        }.items():
            self.add_module(name, module)

    def forward(self, x):
        for norm, part in ((self.norm1, self.attention), (self.norm2, self.mlp)):
            x = x + part(norm(x))
        return x


# %% wrong="Block: post-norm"
class Block(nn.Module):
    """Attention and MLP with pre-norm and residuals: (batch, seq, d_model) in and out."""

    def __init__(self, d_model: int, attention: nn.Module, mlp: nn.Module):
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(d_model), attention
        self.norm2, self.mlp = nn.LayerNorm(d_model), mlp

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.norm1(x + self.attention(x))
        return self.norm2(x + self.mlp(x))


# %% wrong="Block: no shortcut around attention"
class Block(nn.Module):
    """Attention and MLP with pre-norm and residuals: (batch, seq, d_model) in and out."""

    def __init__(self, d_model: int, attention: nn.Module, mlp: nn.Module):
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(d_model), attention
        self.norm2, self.mlp = nn.LayerNorm(d_model), mlp

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.attention(self.norm1(x))
        return x + self.mlp(self.norm2(x))


# %% wrong="Block: no shortcut around the MLP"
class Block(nn.Module):
    """Attention and MLP with pre-norm and residuals: (batch, seq, d_model) in and out."""

    def __init__(self, d_model: int, attention: nn.Module, mlp: nn.Module):
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(d_model), attention
        self.norm2, self.mlp = nn.LayerNorm(d_model), mlp

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x + self.attention(self.norm1(x))
        return self.mlp(self.norm2(x))


# %% wrong="Block: the normed x is added to"
class Block(nn.Module):
    """Attention and MLP with pre-norm and residuals: (batch, seq, d_model) in and out."""

    def __init__(self, d_model: int, attention: nn.Module, mlp: nn.Module):
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(d_model), attention
        self.norm2, self.mlp = nn.LayerNorm(d_model), mlp

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.norm1(x)
        x = x + self.attention(x)
        return x + self.mlp(self.norm2(x))


# %% wrong="Block: side by side"
class Block(nn.Module):
    """Attention and MLP with pre-norm and residuals: (batch, seq, d_model) in and out."""

    def __init__(self, d_model: int, attention: nn.Module, mlp: nn.Module):
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(d_model), attention
        self.norm2, self.mlp = nn.LayerNorm(d_model), mlp

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.attention(self.norm1(x)) + self.mlp(self.norm2(x))


# %% wrong="Block: one norm for both"
class Block(nn.Module):
    """Attention and MLP with pre-norm and residuals: (batch, seq, d_model) in and out."""

    def __init__(self, d_model: int, attention: nn.Module, mlp: nn.Module):
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(d_model), attention
        self.norm2, self.mlp = nn.LayerNorm(d_model), mlp

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x + self.attention(self.norm1(x))
        return x + self.mlp(self.norm1(x))


# %% wrong="Block: the MLP first"
class Block(nn.Module):
    """Attention and MLP with pre-norm and residuals: (batch, seq, d_model) in and out."""

    def __init__(self, d_model: int, attention: nn.Module, mlp: nn.Module):
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(d_model), attention
        self.norm2, self.mlp = nn.LayerNorm(d_model), mlp

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x + self.mlp(self.norm2(x))
        return x + self.attention(self.norm1(x))


# %% wrong="Block: no norm before the MLP"
class Block(nn.Module):
    """Attention and MLP with pre-norm and residuals: (batch, seq, d_model) in and out."""

    def __init__(self, d_model: int, attention: nn.Module, mlp: nn.Module):
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(d_model), attention
        self.norm2, self.mlp = nn.LayerNorm(d_model), mlp

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x + self.attention(self.norm1(x))
        return x + self.mlp(x)


# %% wrong="Block: adds in place"
class Block(nn.Module):
    """Attention and MLP with pre-norm and residuals: (batch, seq, d_model) in and out."""

    def __init__(self, d_model: int, attention: nn.Module, mlp: nn.Module):
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(d_model), attention
        self.norm2, self.mlp = nn.LayerNorm(d_model), mlp

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x += self.attention(self.norm1(x)).detach()
        return x + self.mlp(self.norm2(x))


# %% [markdown] explains="Block"
# Each half reads a normed copy and adds its result to the stream itself. The second half reads what the first has already written, so `x` is rebound in between. Nothing stands on the stream but two additions.
