# Answers by a panel that read only the released notebook: what `course audit` grades and counts apart. No student sees them.

# %% right="byte_pairs: counts by sorting and grouping, merges on a list of its own with del, encodes without calling merge"
def commonest_pair(words: dict[tuple[str, ...], int]) -> tuple[str, str]:
    """The commonest pair of neighbours."""
    seen = sorted((word[place : place + 2], count) for word, count in words.items() for place in range(len(word) - 1))
    sums = [
        (sum(count for _, count in group), pair) for pair, group in itertools.groupby(seen, key=lambda item: item[0])
    ]
    return max(sums)[1]


def merge(word: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    """The tokens of the word, with each occurrence of the pair joined into one token."""
    tokens, place = list(word), 0
    while place + 1 < len(tokens):
        if tokens[place] == pair[0] and tokens[place + 1] == pair[1]:
            tokens[place] += tokens[place + 1]
            del tokens[place + 1]
        place += 1
    return tuple(tokens)


def encode(word: str, merges: list[tuple[str, str]]) -> tuple[str, ...]:
    """The tokens of a word, after all these merges in this order."""
    tokens = [*word]
    for left, right in merges:
        done = []
        while tokens:
            token = tokens.pop(0)
            if token == left and tokens and tokens[0] == right:
                token += tokens.pop(0)
            done.append(token)
        tokens = done
    return tuple(tokens)


# %% right="byte_pairs: nested tables of counts, a stack in merge whose top waits for its partner, functools.reduce in encode"
import functools


def commonest_pair(words: dict[tuple[str, ...], int]) -> tuple[str, str]:
    """The commonest pair of neighbours."""
    after = collections.defaultdict(lambda: collections.defaultdict(int))
    for word, count in words.items():
        previous = None
        for token in word:
            if previous is not None:
                after[previous][token] += count
            previous = token
    best, most = None, -1
    for first, row in after.items():
        for second, count in row.items():
            if count > most:
                best, most = (first, second), count
    return best


def merge(word: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    """A joined token is longer than pair[0], so it never waits for a partner again."""
    left, right = pair
    stack = []
    for token in word:
        if stack and stack[-1] == left and token == right:
            stack.append(stack.pop() + token)
        else:
            stack.append(token)
    return tuple(stack)


def encode(word: str, merges: list[tuple[str, str]]) -> tuple[str, ...]:
    """The tokens of a word, after all these merges in this order."""
    return functools.reduce(merge, merges, tuple(word))


# %% right="byte_pairs: Counter.most_common with counts, and a generator that holds one token back"
def held_back(word, pair):
    """Gives the tokens out one later than they come, so that a pair can still be joined."""
    waiting = None
    for token in word:
        if waiting is None:
            waiting = token
        elif (waiting, token) == tuple(pair):
            yield waiting + token
            waiting = None
        else:
            yield waiting
            waiting = token
    if waiting is not None:
        yield waiting


def commonest_pair(words: dict[tuple[str, ...], int]) -> tuple[str, str]:
    """The commonest pair of neighbours."""
    tally = collections.Counter()
    for word in words:
        for neighbours in zip(word[:-1], word[1:], strict=True):
            tally[neighbours] += words[word]
    ((winner, _),) = tally.most_common(1)
    return winner


def merge(word: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    """The tokens of the word, with each occurrence of the pair joined into one token."""
    return tuple(held_back(word, pair))


def encode(word: str, merges: list[tuple[str, str]]) -> tuple[str, ...]:
    """The tokens of a word: a chain of generators, one for each pair."""
    tokens = iter(word)
    for pair in merges:
        tokens = held_back(tokens, pair)
    return tuple(tokens)


# %% wrong="byte_pairs: strings all words together before counting; breaks: pairs never cross the border of a word, seen with {(a,): 10, (b, c): 2}, which gives (a, a)"
def commonest_pair(words: dict[tuple[str, ...], int]) -> tuple[str, str]:
    """The commonest pair of neighbours."""
    stream = [token for word, count in words.items() for token in word * count]
    return collections.Counter(itertools.pairwise(stream)).most_common(1)[0][0]


def merge(word: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    """The tokens of the word, with each occurrence of the pair joined into one token."""
    out, i = [], 0
    while i < len(word):
        if tuple(word[i : i + 2]) == tuple(pair):
            out.append(pair[0] + pair[1])
            i += 2
        else:
            out.append(word[i])
            i += 1
    return tuple(out)


def encode(word: str, merges: list[tuple[str, str]]) -> tuple[str, ...]:
    """The tokens of a word, after all these merges in this order."""
    tokens = tuple(word)
    for pair in merges:
        tokens = merge(tokens, pair)
    return tokens


# %% wrong="byte_pairs: a pair counts once a word, for it collects the pairs of a word in a set; breaks: in (o, o, o) the pair of two o occurs twice, seen with {(o, o, o): 3, (a, b): 4}"
def commonest_pair(words: dict[tuple[str, ...], int]) -> tuple[str, str]:
    """The commonest pair of neighbours."""
    counts = collections.Counter()
    for word, count in words.items():
        for pair in set(itertools.pairwise(word)):
            counts[pair] += count
    return max(counts, key=counts.get)


def merge(word: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    """The tokens of the word, with each occurrence of the pair joined into one token."""
    out, i = [], 0
    while i < len(word):
        if tuple(word[i : i + 2]) == tuple(pair):
            out.append(pair[0] + pair[1])
            i += 2
        else:
            out.append(word[i])
            i += 1
    return tuple(out)


def encode(word: str, merges: list[tuple[str, str]]) -> tuple[str, ...]:
    """The tokens of a word, after all these merges in this order."""
    tokens = tuple(word)
    for pair in merges:
        tokens = merge(tokens, pair)
    return tokens


# %% wrong="byte_pairs: merge compares the glued texts; breaks: each occurrence of the pair, seen with merge((ab, c), (a, bc)), which is no such pair and becomes abc"
def commonest_pair(words: dict[tuple[str, ...], int]) -> tuple[str, str]:
    """The commonest pair of neighbours."""
    counts = collections.Counter()
    for word, count in words.items():
        for pair in itertools.pairwise(word):
            counts[pair] += count
    return max(counts, key=counts.get)


def merge(word: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    """The tokens of the word, with each occurrence of the pair joined into one token."""
    joined, out, i = "".join(pair), [], 0
    while i < len(word):
        if i + 1 < len(word) and word[i] + word[i + 1] == joined:
            out.append(joined)
            i += 2
        else:
            out.append(word[i])
            i += 1
    return tuple(out)


def encode(word: str, merges: list[tuple[str, str]]) -> tuple[str, ...]:
    """The tokens of a word, after all these merges in this order."""
    tokens = tuple(word)
    for pair in merges:
        tokens = merge(tokens, pair)
    return tokens


# %% wrong="byte_pairs: encode takes the longest known token from the left, as WordPiece does; breaks: merges one pair after the other in the order learnt, seen with abc and merges (b, c), (a, b): right is (a, bc), this gives (ab, c)"
def commonest_pair(words: dict[tuple[str, ...], int]) -> tuple[str, str]:
    """The commonest pair of neighbours."""
    counts = collections.Counter()
    for word, count in words.items():
        for pair in itertools.pairwise(word):
            counts[pair] += count
    return max(counts, key=counts.get)


def merge(word: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    """The tokens of the word, with each occurrence of the pair joined into one token."""
    out, i = [], 0
    while i < len(word):
        if tuple(word[i : i + 2]) == tuple(pair):
            out.append(pair[0] + pair[1])
            i += 2
        else:
            out.append(word[i])
            i += 1
    return tuple(out)


def encode(word: str, merges: list[tuple[str, str]]) -> tuple[str, ...]:
    """The tokens of a word, after all these merges in this order."""
    known = {first + second for first, second in merges}
    out, i = [], 0
    while i < len(word):
        for stop in range(len(word), i, -1):
            if word[i:stop] in known or stop == i + 1:
                out.append(word[i:stop])
                i = stop
                break
    return tuple(out)


# %% wrong="byte_pairs: the walk stops one pair too early; breaks: each occurrence of the pair, seen with merge((a, b), (a, b)) or any pair at the very end of a word"
def commonest_pair(words: dict[tuple[str, ...], int]) -> tuple[str, str]:
    """The commonest pair of neighbours."""
    counts = collections.Counter()
    for word, count in words.items():
        for pair in itertools.pairwise(word):
            counts[pair] += count
    return max(counts, key=counts.get)


def merge(word: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    """The tokens of the word, with each occurrence of the pair joined into one token."""
    out, i = [], 0
    while i < len(word):
        if i < len(word) - 2 and word[i] == pair[0] and word[i + 1] == pair[1]:
            out.append(pair[0] + pair[1])
            i += 2
        else:
            out.append(word[i])
            i += 1
    return tuple(out)


def encode(word: str, merges: list[tuple[str, str]]) -> tuple[str, ...]:
    """The tokens of a word, after all these merges in this order."""
    tokens = tuple(word)
    for pair in merges:
        tokens = merge(tokens, pair)
    return tokens


# %% right="tokenizer: places from nonzero, ones by a generator over the row, the longest counted afresh"
def tokenize(texts: list[str], ids: dict[str, int], pad: int) -> dict[str, torch.Tensor]:
    """The ids of the tokens of each text, and the mask that is 1 where they are real: (texts, longest) both."""
    rows = [[ids.__getitem__(token) for token in text.split()] for text in texts]
    longest = max(len(row) for row in rows)
    padded = [row + [*(pad,)] * (max(map(len, rows)) - len(row)) for row in rows]
    real = [[1 for _ in row] + [int(False)] * (longest - len(row)) for row in rows]
    return {"input_ids": torch.tensor(padded), "attention_mask": torch.tensor(real)}


def decode(batch: dict[str, torch.Tensor], tokens: list[str]) -> list[str]:
    """The texts of a batch, without the padding."""
    texts = []
    for row, mask in zip(batch["input_ids"], batch["attention_mask"], strict=True):
        real = row[mask.nonzero().flatten()]
        texts.append(" ".join(tokens[int(token)] for token in real.tolist()))
    return texts


# %% right="tokenizer: torch.where for the real places, list.__getitem__, ones as powers of zero"
def tokenize(texts: list[str], ids: dict[str, int], pad: int) -> dict[str, torch.Tensor]:
    """The ids of the tokens of each text, and the mask that is 1 where they are real: (texts, longest) both."""
    rows = [[ids[token] for token in text.split()] for text in texts]
    longest = max(len(row) for row in rows)
    padded = [row + [pad] * (-(len(row) - longest)) for row in rows]
    real = [[token**0 for token in row] + [0] * (longest - len(row)) for row in rows]
    return {"_".join(("input", "ids")): torch.tensor(padded), "_".join(("attention", "mask")): torch.tensor(real)}


def decode(batch: dict[str, torch.Tensor], tokens: list[str]) -> list[str]:
    """The texts of a batch, without the padding."""
    texts = []
    for row, mask in zip(batch["input_ids"], batch["attention_mask"], strict=True):
        real = row[torch.where(mask == 1)[0]]
        texts.append(" ".join(tokens.__getitem__(token) for token in real.tolist()))
    return texts


# %% right="tokenizer: a mask compared with zero after a clone, negative-free padding by sum, operator.itemgetter"
def tokenize(texts: list[str], ids: dict[str, int], pad: int) -> dict[str, torch.Tensor]:
    """The ids of the tokens of each text, and the mask that is 1 where they are real: (texts, longest) both."""
    rows = [[dict(ids)[token] for token in text.split()] for text in texts]
    longest = max(len(row) for row in rows)
    padded = [row + list((pad,)) * (sum((longest, -len(row)))) for row in rows]
    real = [list(itertools.repeat(1, len(row))) + [0] * (longest - len(row)) for row in rows]
    return {"input_ids": torch.tensor(padded), "attention_mask": torch.tensor(real)}


def decode(batch: dict[str, torch.Tensor], tokens: list[str]) -> list[str]:
    """The texts of a batch, without the padding."""
    texts = []
    for row, mask in zip(batch["input_ids"], batch["attention_mask"], strict=True):
        real = row[mask.clone() > 0]
        texts.append(" ".join(str(tokens[token]) for token in real.tolist()))
    return texts


# %% wrong="tokenizer: the mask is where the id is not the pad id; breaks: why not look for the pad id instead, a text may contain that token, seen with a text whose word has the id pad"
def tokenize(texts: list[str], ids: dict[str, int], pad: int) -> dict[str, torch.Tensor]:
    """The ids of the tokens of each text, and the mask that is 1 where they are real: (texts, longest) both."""
    rows = [[ids[token] for token in text.split()] for text in texts]
    longest = max(len(row) for row in rows)
    padded = [row + [pad] * (longest - len(row)) for row in rows]
    real = [[int(token != pad) for token in row] + [0] * (longest - len(row)) for row in rows]
    return {"input_ids": torch.tensor(padded), "attention_mask": torch.tensor(real)}


def decode(batch: dict[str, torch.Tensor], tokens: list[str]) -> list[str]:
    """The texts of a batch, without the padding."""
    texts = []
    for row, mask in zip(batch["input_ids"], batch["attention_mask"], strict=True):
        real = row[mask.bool()]
        texts.append(" ".join(tokens[token] for token in real.tolist()))
    return texts


# %% wrong="tokenizer: decode takes as many tokens from the front as are real; breaks: decode takes batches that are padded in front as well, seen with mask [0, 1, 1]"
def tokenize(texts: list[str], ids: dict[str, int], pad: int) -> dict[str, torch.Tensor]:
    """The ids of the tokens of each text, and the mask that is 1 where they are real: (texts, longest) both."""
    rows = [[ids[token] for token in text.split()] for text in texts]
    longest = max(len(row) for row in rows)
    padded = [row + [pad] * (longest - len(row)) for row in rows]
    real = [[1] * len(row) + [0] * (longest - len(row)) for row in rows]
    return {"input_ids": torch.tensor(padded), "attention_mask": torch.tensor(real)}


def decode(batch: dict[str, torch.Tensor], tokens: list[str]) -> list[str]:
    """The texts of a batch, without the padding."""
    texts = []
    for row, mask in zip(batch["input_ids"], batch["attention_mask"], strict=True):
        real = row[: int(mask.sum())]
        texts.append(" ".join(tokens[token] for token in real.tolist()))
    return texts


# %% wrong="tokenizer: decode cuts off only what stands before the first real token; breaks: the texts without the padding, seen with mask [1, 1, 0], what tokenize itself returns"
def tokenize(texts: list[str], ids: dict[str, int], pad: int) -> dict[str, torch.Tensor]:
    """The ids of the tokens of each text, and the mask that is 1 where they are real: (texts, longest) both."""
    rows = [[ids[token] for token in text.split()] for text in texts]
    longest = max(len(row) for row in rows)
    padded = [row + [pad] * (longest - len(row)) for row in rows]
    real = [[1] * len(row) + [0] * (longest - len(row)) for row in rows]
    return {"input_ids": torch.tensor(padded), "attention_mask": torch.tensor(real)}


def decode(batch: dict[str, torch.Tensor], tokens: list[str]) -> list[str]:
    """The texts of a batch, without the padding."""
    texts = []
    for row, mask in zip(batch["input_ids"], batch["attention_mask"], strict=True):
        real = row[int(mask.argmax()) :]
        texts.append(" ".join(tokens[token] for token in real.tolist()))
    return texts


# %% wrong="tokenizer: fills up with one pad at most; breaks: shape (texts, longest), seen with texts of 3 and of 1 tokens"
def tokenize(texts: list[str], ids: dict[str, int], pad: int) -> dict[str, torch.Tensor]:
    """The ids of the tokens of each text, and the mask that is 1 where they are real: (texts, longest) both."""
    rows = [[ids[token] for token in text.split()] for text in texts]
    longest = max(len(row) for row in rows)
    padded = [row + [pad] * (len(row) < longest) for row in rows]
    real = [[1] * len(row) + [0] * (longest - len(row)) for row in rows]
    return {"input_ids": torch.tensor(padded), "attention_mask": torch.tensor(real)}


def decode(batch: dict[str, torch.Tensor], tokens: list[str]) -> list[str]:
    """The texts of a batch, without the padding."""
    texts = []
    for row, mask in zip(batch["input_ids"], batch["attention_mask"], strict=True):
        real = row[mask.bool()]
        texts.append(" ".join(tokens[token] for token in real.tolist()))
    return texts


# %% wrong="tokenizer: looks words up in lower case; breaks: ids gives the id of each token, seen with a vocabulary that has We: KeyError, or another id where both We and we are listed"
def tokenize(texts: list[str], ids: dict[str, int], pad: int) -> dict[str, torch.Tensor]:
    """The ids of the tokens of each text, and the mask that is 1 where they are real: (texts, longest) both."""
    rows = [[ids[token.lower()] for token in text.split()] for text in texts]
    longest = max(len(row) for row in rows)
    padded = [row + [pad] * (longest - len(row)) for row in rows]
    real = [[1] * len(row) + [0] * (longest - len(row)) for row in rows]
    return {"input_ids": torch.tensor(padded), "attention_mask": torch.tensor(real)}


def decode(batch: dict[str, torch.Tensor], tokens: list[str]) -> list[str]:
    """The texts of a batch, without the padding."""
    texts = []
    for row, mask in zip(batch["input_ids"], batch["attention_mask"], strict=True):
        real = row[mask.bool()]
        texts.append(" ".join(tokens[token] for token in real.tolist()))
    return texts


# %% right="embedding: einsum for the product, scatter_add_ with an expanded index"
def by_one_hot(ids: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
    """The embeddings of the ids, as a matrix product: table is (tokens, d_model)."""
    hot = F.one_hot(ids, num_classes=table.shape[0]).to(table.dtype)
    return torch.einsum("...t,td->...d", hot, table)


def output_shape(shape: tuple[int, ...], tokens: int, d_model: int) -> tuple[int, ...]:
    """The shape of nn.Embedding(tokens, d_model)(ids), where ids has this shape."""
    return (*itertools.chain(shape, (d_model,)),)


def table_slope(ids: torch.Tensor, grad: torch.Tensor, tokens: int) -> torch.Tensor:
    """The slope of the table, where grad is the slope of the embeddings: (*ids.shape, d_model)."""
    summed = torch.zeros((tokens, grad.size(-1)), dtype=grad.dtype)
    summed.scatter_add_(0, ids.reshape(-1, 1).expand(-1, grad.shape[-1]), grad.reshape(-1, grad.shape[-1]))
    return summed


# %% right="embedding: F.linear with the transposed table, the shape by tuple addition, flatten with the alpha of index_add_ left alone"
def by_one_hot(ids: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
    """The embeddings of the ids, as a matrix product: table is (tokens, d_model)."""
    hot = F.one_hot(ids, table.size(0)).to(table.dtype)
    return F.linear(hot, table.t())


def output_shape(shape: tuple[int, ...], tokens: int, d_model: int) -> tuple[int, ...]:
    """The shape of nn.Embedding(tokens, d_model)(ids), where ids has this shape."""
    return tuple(shape) + (d_model,)


def table_slope(ids: torch.Tensor, grad: torch.Tensor, tokens: int) -> torch.Tensor:
    """The slope of the table, where grad is the slope of the embeddings: (*ids.shape, d_model)."""
    summed = torch.zeros(*(tokens, *grad.shape[-1:]), dtype=grad.dtype)
    summed.index_add_(0, ids.flatten(), grad.reshape(-1, grad.shape[-1]))
    return summed


# %% right="embedding: a weighted sum of all rows by broadcasting, the shape from a tensor without memory"
def by_one_hot(ids: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
    """The embeddings of the ids, as a matrix product: table is (tokens, d_model)."""
    hot = F.one_hot(ids, *table.shape[:1]).to(table.dtype)
    return (hot.unsqueeze(-1) * table).sum(dim=-2)


def output_shape(shape: tuple[int, ...], tokens: int, d_model: int) -> tuple[int, ...]:
    """The shape of nn.Embedding(tokens, d_model)(ids), where ids has this shape."""
    return (*torch.empty(*shape, d_model, device=torch.device("meta")).shape,)


def table_slope(ids: torch.Tensor, grad: torch.Tensor, tokens: int) -> torch.Tensor:
    """The slope of the table, where grad is the slope of the embeddings: (*ids.shape, d_model)."""
    summed = torch.zeros(size=(tokens, grad.shape[-1]), dtype=grad.dtype)
    summed.index_add_(0, torch.cat([part.reshape(1) for part in ids.reshape(-1)]), grad.reshape(-1, grad.shape[-1]))
    return summed


# %% wrong="embedding: squeezes the one-hot rows; breaks: ids has any shape, seen with ids of shape (1, 3) or (2, 1), whose axis of one is lost"
def by_one_hot(ids: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
    """The embeddings of the ids, as a matrix product: table is (tokens, d_model)."""
    hot = F.one_hot(ids, len(table)).to(table.dtype)
    return hot.squeeze() @ table


def output_shape(shape: tuple[int, ...], tokens: int, d_model: int) -> tuple[int, ...]:
    """The shape of nn.Embedding(tokens, d_model)(ids), where ids has this shape."""
    return (*shape, d_model)


def table_slope(ids: torch.Tensor, grad: torch.Tensor, tokens: int) -> torch.Tensor:
    """The slope of the table, where grad is the slope of the embeddings: (*ids.shape, d_model)."""
    summed = torch.zeros(tokens, grad.shape[-1], dtype=grad.dtype)
    summed.index_add_(0, ids.reshape(-1), grad.reshape(-1, grad.shape[-1]))
    return summed


# %% wrong="embedding: takes two axes for granted; breaks: ids has any shape, seen with output_shape((5,), ...) and with three axes"
def by_one_hot(ids: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
    """The embeddings of the ids, as a matrix product: table is (tokens, d_model)."""
    hot = F.one_hot(ids, len(table)).to(table.dtype)
    return hot @ table


def output_shape(shape: tuple[int, ...], tokens: int, d_model: int) -> tuple[int, ...]:
    """The shape of nn.Embedding(tokens, d_model)(ids), where ids has this shape."""
    return (shape[0], shape[1], d_model)


def table_slope(ids: torch.Tensor, grad: torch.Tensor, tokens: int) -> torch.Tensor:
    """The slope of the table, where grad is the slope of the embeddings: (*ids.shape, d_model)."""
    summed = torch.zeros(tokens, grad.shape[-1], dtype=grad.dtype)
    summed.index_add_(0, ids.reshape(-1), grad.reshape(-1, grad.shape[-1]))
    return summed


# %% wrong="embedding: reads the ids column by column but the slopes row by row; breaks: each row gets the slopes from the places where it was used, seen with ids of shape (2, 3)"
def by_one_hot(ids: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
    """The embeddings of the ids, as a matrix product: table is (tokens, d_model)."""
    hot = F.one_hot(ids, len(table)).to(table.dtype)
    return hot @ table


def output_shape(shape: tuple[int, ...], tokens: int, d_model: int) -> tuple[int, ...]:
    """The shape of nn.Embedding(tokens, d_model)(ids), where ids has this shape."""
    return (*shape, d_model)


def table_slope(ids: torch.Tensor, grad: torch.Tensor, tokens: int) -> torch.Tensor:
    """The slope of the table, where grad is the slope of the embeddings: (*ids.shape, d_model)."""
    summed = torch.zeros(tokens, grad.shape[-1], dtype=grad.dtype)
    summed.index_add_(
        0, ids.transpose(0, -1).reshape(-1) if ids.dim() else ids.reshape(-1), grad.reshape(-1, grad.shape[-1])
    )
    return summed


# %% right="skip_gram: pairs from shifted copies of the list, the loss from softplus and einsum"
def pairs(ids: list[int], window: int) -> list[tuple[int, int]]:
    """Each distance gives the pairs in both directions."""
    found = []
    for step in range(1, window + 1):
        forwards = list(zip(ids, ids[step:], strict=False))
        found += forwards
        found += [(second, first) for first, second in forwards]
    return found


def skip_gram_loss(centers: torch.Tensor, neighbours: torch.Tensor, strangers: torch.Tensor) -> torch.Tensor:
    """-log sigmoid(z) is softplus(-z)."""
    real = torch.einsum("nd,nd->n", centers, neighbours)
    drawn = torch.einsum("nd,nkd->nk", centers, strangers)
    return (F.softplus(-real).sum() + F.softplus(drawn).sum()) / len(centers)


# %% right="skip_gram: pairs from a numpy table of distances, the loss as a cross-entropy of yes and no questions"
import numpy as np


def pairs(ids: list[int], window: int) -> list[tuple[int, int]]:
    """Where the table of distances is at least 1 and at most window."""
    places = np.arange(len(ids))
    apart = np.abs(places[:, None] - places[None, :])
    rows, columns = np.nonzero((apart >= 1) & (apart <= window))
    return [(ids[row], ids[column]) for row, column in zip(rows.tolist(), columns.tolist(), strict=True)]


def skip_gram_loss(centers: torch.Tensor, neighbours: torch.Tensor, strangers: torch.Tensor) -> torch.Tensor:
    """The neighbour stands in front of the strangers, and only it is real."""
    shown = torch.cat([neighbours.unsqueeze(1), strangers], dim=1)
    logits = torch.bmm(shown, centers.unsqueeze(2)).squeeze(2)
    answers = torch.zeros_like(logits)
    answers[:, 0] = 1.0
    return F.binary_cross_entropy_with_logits(logits, answers, reduction="none").sum(dim=1).mean()


# %% right="skip_gram: pairs from a deque that slides along, the loss row by row with logaddexp"
def pairs(ids: list[int], window: int) -> list[tuple[int, int]]:
    """Whoever comes meets all that came shortly before, and they meet him."""
    found, recent = [], collections.deque(maxlen=max(window, 0))
    for token in ids:
        for earlier in recent:
            found.extend([(token, earlier), (earlier, token)])
        recent.append(token)
    return found


def skip_gram_loss(centers: torch.Tensor, neighbours: torch.Tensor, strangers: torch.Tensor) -> torch.Tensor:
    """One row after the other, one stranger after the other."""
    costs = []
    for center, neighbour, others in zip(centers, neighbours, strangers, strict=True):
        zero = center.new_zeros(())
        cost = torch.logaddexp(zero, -torch.dot(center, neighbour))
        for other in others:
            cost = cost + torch.logaddexp(zero, torch.dot(center, other))
        costs.append(cost)
    return torch.stack(costs).mean()


# %% wrong="skip_gram: leaves out pairs of equal ids; breaks: the same word may stand nearby once more, and counts then, seen with ids [1, 1]"
def pairs(ids: list[int], window: int) -> list[tuple[int, int]]:
    """All pairs of a token and a neighbour of it that is at most window places away."""
    found = []
    for i in range(len(ids)):
        for j in range(max(0, i - window), min(len(ids), i + window + 1)):
            if ids[i] != ids[j]:
                found.append((ids[i], ids[j]))
    return found


def skip_gram_loss(centers: torch.Tensor, neighbours: torch.Tensor, strangers: torch.Tensor) -> torch.Tensor:
    """The mean loss."""
    good = F.logsigmoid((centers * neighbours).sum(dim=1))
    bad = F.logsigmoid(-(centers[:, None] * strangers).sum(dim=2)).sum(dim=1)
    return -(good + bad).mean()


# %% wrong="skip_gram: the slice to the left begins below 0 and is empty then; breaks: every neighbour at most window places apart, seen with window 2 (ids [7, 8, 9], the pair (8, 7) is missing)"
def pairs(ids: list[int], window: int) -> list[tuple[int, int]]:
    """All pairs of a token and a neighbour of it that is at most window places away."""
    found = []
    for i, token in enumerate(ids):
        for other in ids[i - window : i] + ids[i + 1 : i + 1 + window]:
            found.append((token, other))
    return found


def skip_gram_loss(centers: torch.Tensor, neighbours: torch.Tensor, strangers: torch.Tensor) -> torch.Tensor:
    """The mean loss."""
    good = F.logsigmoid((centers * neighbours).sum(dim=1))
    bad = F.logsigmoid(-(centers[:, None] * strangers).sum(dim=2)).sum(dim=1)
    return -(good + bad).mean()


# %% wrong="skip_gram: asks whether the strangers are real; breaks: log sigmoid of MINUS the score of a stranger, seen with any score that is not 0"
def pairs(ids: list[int], window: int) -> list[tuple[int, int]]:
    """All pairs of a token and a neighbour of it that is at most window places away."""
    found = []
    for i in range(len(ids)):
        for j in range(max(0, i - window), min(len(ids), i + window + 1)):
            if i != j:
                found.append((ids[i], ids[j]))
    return found


def skip_gram_loss(centers: torch.Tensor, neighbours: torch.Tensor, strangers: torch.Tensor) -> torch.Tensor:
    """The mean loss."""
    good = F.logsigmoid((centers * neighbours).sum(dim=1))
    bad = F.logsigmoid((centers[:, None] * strangers).sum(dim=2)).sum(dim=1)
    return -(good + bad).mean()


# %% wrong="skip_gram: a matrix product brings every center together with the strangers of all rows; breaks: the formula for each row, seen with n of 2 or more"
def pairs(ids: list[int], window: int) -> list[tuple[int, int]]:
    """All pairs of a token and a neighbour of it that is at most window places away."""
    found = []
    for i in range(len(ids)):
        for j in range(max(0, i - window), min(len(ids), i + window + 1)):
            if i != j:
                found.append((ids[i], ids[j]))
    return found


def skip_gram_loss(centers: torch.Tensor, neighbours: torch.Tensor, strangers: torch.Tensor) -> torch.Tensor:
    """The mean loss."""
    good = F.logsigmoid((centers * neighbours).sum(dim=-1)).mean()
    bad = F.logsigmoid(-(centers @ strangers.transpose(1, 2))).sum(dim=-1).mean()
    return -good - bad


# %% wrong="skip_gram: adds 1e-9 before the logarithm: finite, but at most 20.7; breaks: the formula for scores as large as 1,000, seen with a neighbour of score -1000, where L is 1000"
def pairs(ids: list[int], window: int) -> list[tuple[int, int]]:
    """All pairs of a token and a neighbour of it that is at most window places away."""
    found = []
    for i in range(len(ids)):
        for j in range(max(0, i - window), min(len(ids), i + window + 1)):
            if i != j:
                found.append((ids[i], ids[j]))
    return found


def skip_gram_loss(centers: torch.Tensor, neighbours: torch.Tensor, strangers: torch.Tensor) -> torch.Tensor:
    """The mean loss."""
    good = torch.log(torch.sigmoid((centers * neighbours).sum(dim=1)) + 1e-9)
    bad = torch.log(torch.sigmoid(-(centers[:, None] * strangers).sum(dim=2)) + 1e-9).sum(dim=1)
    return -(good + bad).mean()


# %% right="rnn: F.linear and einsum in the cell, range from the indices of a slice"
def cell(x: torch.Tensor, h: torch.Tensor, w_x: torch.Tensor, w_h: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The next state (batch, hidden), from x (batch, features) and the state h (batch, hidden)."""
    return torch.tanh(F.linear(x, w_x.T) + torch.einsum("bi,ij->bj", h, w_h) + b)


def truncated(step, inputs, h: torch.Tensor, length: int) -> tuple[torch.Tensor, float]:
    """The last state, and the loss of all steps together; slopes walk back through at most length steps."""
    total = 0.0
    for start in range(*slice(None, None, length).indices(len(inputs))):
        h = h.detach().clone()
        loss = torch.zeros(())
        for x in inputs[start : start + length]:
            h, cost = step(x, h)
            loss = torch.add(loss, cost)
        loss.backward()
        total += loss.item()
    return h.detach(), total


# %% right="rnn: one product of the joined inputs and matrices, a chunk by slice(), the sum by stack"
def cell(x: torch.Tensor, h: torch.Tensor, w_x: torch.Tensor, w_h: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The next state (batch, hidden), from x (batch, features) and the state h (batch, hidden)."""
    return torch.tanh(torch.cat([x, h], dim=1) @ torch.cat([w_x, w_h], dim=0) + torch.zeros_like(h) + b)


def truncated(step, inputs, h: torch.Tensor, length: int) -> tuple[torch.Tensor, float]:
    """The last state, and the loss of all steps together; slopes walk back through at most length steps."""
    total = 0.0
    for start in range(0, len(inputs), length):
        h = h.detach()
        loss = torch.zeros(())
        for x in inputs[slice(start, min(start + length, len(inputs)))]:
            h, cost = step(x, h)
            loss = torch.stack([loss.to(cost.dtype), cost]).sum()
        loss.backward()
        total += loss.item()
    return h.detach(), total


# %% right="rnn: the tanh of the tensor class, a product by broadcasting, the state copied out under a detached view"
def cell(x: torch.Tensor, h: torch.Tensor, w_x: torch.Tensor, w_h: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The next state (batch, hidden), from x (batch, features) and the state h (batch, hidden)."""
    return torch.Tensor.tanh(torch.matmul(x, w_x) + (h.unsqueeze(2) * w_h).sum(dim=1) + b)


def truncated(step, inputs, h: torch.Tensor, length: int) -> tuple[torch.Tensor, float]:
    """The last state, and the loss of all steps together; slopes walk back through at most length steps."""
    total = 0.0
    for start in range(0, len(inputs), max(1, length)):
        h = torch.empty_like(h).copy_(h.detach())
        loss = torch.zeros(())
        for x in inputs[start : start + length]:
            h, cost = step(x, h)
            loss = cost + loss
        loss.backward()
        total += loss.item()
    return h.detach(), total


# %% wrong="rnn: each hidden number remembers only itself; breaks: h W_h, seen with a w_h that has anything off its diagonal"
def cell(x: torch.Tensor, h: torch.Tensor, w_x: torch.Tensor, w_h: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The next state (batch, hidden), from x (batch, features) and the state h (batch, hidden)."""
    return torch.tanh(x @ w_x + h * w_h.diagonal() + b)


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


# %% wrong="rnn: all texts of the batch go on from the state of its last text; breaks: the state h is (batch, hidden), seen with a batch of 2"
def cell(x: torch.Tensor, h: torch.Tensor, w_x: torch.Tensor, w_h: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The next state (batch, hidden), from x (batch, features) and the state h (batch, hidden)."""
    return torch.tanh(x @ w_x + h[-1] @ w_h + b)


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


# %% wrong="rnn: the first chunk begins with zeros whatever state was given; breaks: hands the value of the state on, h is an argument, seen with an h that is not 0"
def cell(x: torch.Tensor, h: torch.Tensor, w_x: torch.Tensor, w_h: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The next state (batch, hidden), from x (batch, features) and the state h (batch, hidden)."""
    return torch.tanh(x @ w_x + h @ w_h + b)


def truncated(step, inputs, h: torch.Tensor, length: int) -> tuple[torch.Tensor, float]:
    """The last state, and the loss of all steps together; slopes walk back through at most length steps."""
    total = 0.0
    for start in range(0, len(inputs), length):
        h = h.detach() if start else torch.zeros_like(h)
        loss = torch.zeros(())
        for x in inputs[start : start + length]:
            h, cost = step(x, h)
            loss = loss + cost
        loss.backward()
        total += loss.item()
    return h.detach(), total


# %% wrong="rnn: only the last cost of a chunk has a slope; breaks: adds the slopes of all steps, each chunk from a loss that is the sum of its steps, seen with chunks of 2 and a state that is not 0 at the start"
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
            loss = loss.detach() + cost
        loss.backward()
        total += loss.item()
    return h.detach(), total


# %% right="attention: weights as exp of log_softmax, torch.where for the mask, einsum for the products"
def attention(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, mask: torch.Tensor | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """What each query finds and its weights."""
    scores = torch.einsum("...qd,...kd->...qk", queries, keys) / math.sqrt(keys.size(-1))
    if mask is not None:
        scores = torch.where(mask, scores, -math.inf)
    weights = torch.exp(torch.log_softmax(scores, dim=-1))
    return torch.einsum("...qk,...kv->...qv", weights, values), weights


# %% right="attention: one query after the other, with the mask broadcast by hand, stacked in the end"
def attention(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, mask: torch.Tensor | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """What each query finds and its weights."""
    root, looks, shares = queries.shape[-1] ** 0.5, [], []
    if mask is not None:
        mask = mask.expand(*queries.shape[:-1], keys.shape[-2])
    for place in range(queries.shape[-2]):
        query = queries[..., place, :]
        scores = (keys * query.unsqueeze(-2)).sum(dim=-1) / root
        if mask is not None:
            scores = scores.masked_fill(mask[..., place, :].logical_not(), float("-inf"))
        share = F.softmax(scores, dim=-1)
        shares.append(share)
        looks.append((share.unsqueeze(-1) * values).sum(dim=-2))
    return torch.stack(looks, dim=-2), torch.stack(shares, dim=-2)


# %% right="attention: a class that is called, exponentials less the largest allowed score of each row, divided at the very end"
class SoftLookUp:
    """Powers and their sum; the weights are their quotient."""

    def __init__(self, scores, mask):
        if mask is not None:
            scores = scores.masked_fill(~mask, -math.inf)
        self.powers = (scores - scores.detach().amax(dim=-1, keepdim=True)).exp()
        self.total = self.powers.sum(dim=-1, keepdim=True)

    def __call__(self, values):
        return (self.powers @ values) / self.total, self.powers / self.total


def attention(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, mask: torch.Tensor | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """What each query finds and its weights."""
    scaled = queries * queries.shape[-1] ** -0.5
    return SoftLookUp(torch.matmul(scaled, keys.mT), mask)(values)


# %% wrong="attention: hides with -1000 instead of minus infinity; breaks: a weight of exactly 0, scores may be as large as 1,000, seen with allowed scores of -1000 beside a hidden place"
def attention(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, mask: torch.Tensor | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """What each query finds and its weights."""
    scores = queries @ keys.transpose(-1, -2) / keys.shape[-1] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, -1000.0)
    weights = scores.softmax(dim=-1)
    return weights @ values, weights


# %% wrong="attention: its own softmax takes the largest score of the whole table off; breaks: scores may be as large as 1,000, seen with one query of scores near 1000 and another near -1000: 0 divided by 0"
def attention(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, mask: torch.Tensor | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """What each query finds and its weights."""
    scores = queries @ keys.transpose(-1, -2) / keys.shape[-1] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    powers = (scores - scores.max()).exp()
    weights = powers / powers.sum(dim=-1, keepdim=True)
    return weights @ values, weights


# %% wrong="attention: hides after the softmax and divides by what is left; breaks: scores may be as large as 1,000, seen with a hidden place of score 1000 beside allowed ones of 0: 0 divided by 0"
def attention(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, mask: torch.Tensor | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """What each query finds and its weights."""
    scores = queries @ keys.transpose(-1, -2) / keys.shape[-1] ** 0.5
    weights = scores.softmax(dim=-1)
    if mask is not None:
        weights = weights * mask
        weights = weights / weights.sum(dim=-1, keepdim=True)
    return weights @ values, weights


# %% wrong="attention: returns the weights from before the mask; breaks: a score of minus infinity becomes a weight of exactly 0, seen in the second result with a mask"
def attention(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, mask: torch.Tensor | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """What each query finds and its weights."""
    scores = queries @ keys.transpose(-1, -2) / keys.shape[-1] ** 0.5
    weights = scores.softmax(dim=-1)
    seen = weights
    if mask is not None:
        seen = scores.masked_fill(~mask, -math.inf).softmax(dim=-1)
    return seen @ values, weights


# %% wrong="attention: one softmax for all queries together; breaks: there is one row of weights for each query and each row adds up to 1, seen with two queries"
def attention(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, mask: torch.Tensor | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """What each query finds and its weights."""
    scores = queries @ keys.transpose(-1, -2) / keys.shape[-1] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    weights = scores.flatten(-2).softmax(dim=-1).view_as(scores)
    return weights @ values, weights


# %% right="causal: an upper triangle turned round by flip, torch.where"
def causal(scores: torch.Tensor) -> torch.Tensor:
    """The scores (…, seq, seq), with minus infinity wherever a query (row) would look at a later key (column)."""
    seq = scores.shape[-1]
    past = torch.ones(seq, seq, dtype=torch.bool).triu()
    return torch.where(past.flip(0, 1), scores, -math.inf)


# %% right="causal: masked_fill as a function of torch, the size as a list"
def causal(scores: torch.Tensor) -> torch.Tensor:
    """The scores (…, seq, seq), with minus infinity wherever a query (row) would look at a later key (column)."""
    seq = scores.shape[-1]
    past = torch.ones([seq] * 2, dtype=torch.bool).tril()
    return torch.masked_fill(scores, past.logical_not(), float("-inf"))


# %% right="causal: index_put at the places of the future, for any batch, through a clone"
def causal(scores: torch.Tensor) -> torch.Tensor:
    """The scores (…, seq, seq), with minus infinity wherever a query (row) would look at a later key (column)."""
    seq = scores.shape[-1]
    past = torch.ones(scores.shape, dtype=torch.bool).tril()
    return torch.index_put(scores, torch.nonzero(~past, as_tuple=True), scores.new_tensor(-math.inf))


# %% wrong="causal: makes log-chances of the rows as well; breaks: all other scores stay, seen with any row whose exponentials do not add up to 1"
def causal(scores: torch.Tensor) -> torch.Tensor:
    """The scores (…, seq, seq), with minus infinity wherever a query (row) would look at a later key (column)."""
    seq = scores.shape[-1]
    past = torch.ones(seq, seq, dtype=torch.bool).tril()
    return torch.log_softmax(scores.masked_fill(~past, -math.inf), -1)


# %% wrong="causal: the lowest finite number instead of minus infinity; breaks: scores of the future become minus infinity, seen with isinf of the result"
def causal(scores: torch.Tensor) -> torch.Tensor:
    """The scores (…, seq, seq), with minus infinity wherever a query (row) would look at a later key (column)."""
    seq = scores.shape[-1]
    past = torch.ones(seq, seq, dtype=torch.bool).tril()
    return torch.where(past, scores, torch.finfo(scores.dtype).min)


# %% wrong="causal: goes through the exponential and back; breaks: all other scores stay, seen with float32 scores of 100 (infinite) or -200 (minus infinity)"
def causal(scores: torch.Tensor) -> torch.Tensor:
    """The scores (…, seq, seq), with minus infinity wherever a query (row) would look at a later key (column)."""
    seq = scores.shape[-1]
    past = torch.ones(seq, seq, dtype=torch.bool).tril()
    return torch.log(scores.exp() * past)


# %% wrong="causal: swaps queries and keys; breaks: query is the row and key the column, all others stay, seen with scores that are not symmetric"
def causal(scores: torch.Tensor) -> torch.Tensor:
    """The scores (…, seq, seq), with minus infinity wherever a query (row) would look at a later key (column)."""
    seq = scores.shape[-1]
    past = torch.ones(seq, seq, dtype=torch.bool).tril()
    return torch.where(past, scores.transpose(-1, -2), -math.inf)


# %% wrong="causal: divides by the root of the length on the way; breaks: all other scores stay, seen with two tokens and scores that are not 0"
def causal(scores: torch.Tensor) -> torch.Tensor:
    """The scores (…, seq, seq), with minus infinity wherever a query (row) would look at a later key (column)."""
    seq = scores.shape[-1]
    past = torch.ones(seq, seq, dtype=torch.bool).tril()
    return torch.where(past, scores / seq**0.5, -math.inf)


# %% right="leaky: place by place with slices of the past, so that no mask is needed"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    """Causal attention of one head: (batch, seq, d_model) to (batch, seq, d_head)."""
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    found = []
    for place in range(x.shape[1]):
        past = slice(None, place + 1)
        scores = torch.einsum("bd,bkd->bk", queries[:, place], keys[:, past]) / keys.shape[-1] ** 0.5
        found.append(torch.einsum("bk,bkd->bd", scores.softmax(dim=-1), values[:, past]))
    return torch.stack(found, dim=1)


# %% right="leaky: the library call with is_causal, whose scale is the root of d_head"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    """Causal attention of one head: (batch, seq, d_model) to (batch, seq, d_head)."""
    return F.scaled_dot_product_attention(*(x @ w for w in (w_q, w_k, w_v)), is_causal=True)


# %% right="leaky: ages compared instead of tril, the softmax in doubles, cast back"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    """Causal attention of one head: (batch, seq, d_model) to (batch, seq, d_head)."""
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    place = torch.arange(x.shape[1])
    later = place[None, :] > place[:, None]
    scores = torch.bmm(queries.double(), keys.double().mT) * keys.shape[-1] ** -0.5
    scores = scores.masked_fill(later, -math.inf)
    weights = (scores - scores.logsumexp(dim=-1, keepdim=True)).exp()
    return torch.bmm(weights, values.double()).to(x.dtype)


# %% wrong="leaky: repairs the mask and turns the scores round: keys ask the queries; breaks: scores are those of queries (rows) with keys (columns), seen with w_q different from w_k"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    """Causal attention of one head: (batch, seq, d_model) to (batch, seq, d_head)."""
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    scores = keys @ queries.transpose(1, 2) / keys.shape[-1] ** 0.5
    seen = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).tril()
    weights = scores.masked_fill(~seen, -math.inf).softmax(dim=-1)
    return weights @ values


# %% wrong="leaky: leaves diagonal=1 and hides the last token only; breaks: place i may look at places up to i, seen with three tokens, where output 0 moves with token 1"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    """Causal attention of one head: (batch, seq, d_model) to (batch, seq, d_head)."""
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    scores = queries @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    seen = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).tril(diagonal=1)
    seen[:-1, -1] = False
    weights = scores.masked_fill(~seen, -math.inf).softmax(dim=-1)
    return weights @ values


# %% right="multi_head: head by head on chunks of the columns, put side by side by cat"
def multi_head(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    w_o: torch.Tensor,
    heads: int,
    causal: bool,
) -> torch.Tensor:
    """Self-attention of x in so many heads."""
    parts = zip(*((x @ w).chunk(heads, dim=-1) for w in (w_q, w_k, w_v)), strict=True)
    looks = [F.scaled_dot_product_attention(query, key, value, is_causal=causal) for query, key, value in parts]
    return torch.cat(looks, dim=-1) @ w_o


# %% right="multi_head: the matrices are cut instead of the vectors, and each head adds its share through its rows of w_o"
def multi_head(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    w_o: torch.Tensor,
    heads: int,
    causal: bool,
) -> torch.Tensor:
    """Self-attention of x in so many heads."""
    size, seq = x.shape[-1] // heads, x.shape[1]
    hidden = torch.ones(seq, seq, dtype=torch.bool).triu(1) if causal else torch.zeros(seq, seq, dtype=torch.bool)
    out = torch.zeros_like(x)
    for start in range(0, heads * size, size):
        query, key, value = (x @ w.narrow(1, start, size) for w in (w_q, w_k, w_v))
        scores = query @ key.mT / math.sqrt(size)
        out = out + scores.masked_fill(hidden, -math.inf).softmax(dim=-1) @ value @ w_o.narrow(0, start, size)
    return out


# %% right="multi_head: everything by einsum with the heads as a letter"
def multi_head(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    w_o: torch.Tensor,
    heads: int,
    causal: bool,
) -> torch.Tensor:
    """Self-attention of x in so many heads."""
    d_model = x.shape[-1]
    size = d_model // heads
    query, key, value = (torch.einsum("bsd,dhe->bhse", x, w.reshape(d_model, heads, size)) for w in (w_q, w_k, w_v))
    scores = torch.einsum("bhqe,bhke->bhqk", query, key) * size**-0.5
    if causal:
        place = torch.arange(x.shape[1])
        scores = torch.where(place[:, None] >= place, scores, -math.inf)
    weights = torch.exp(scores - scores.logsumexp(dim=-1, keepdim=True))
    return torch.einsum("bhqk,bhke,hed->bqd", weights, value, w_o.reshape(heads, size, d_model))


# %% wrong="multi_head: deals the columns out like cards, back in the same way; breaks: the first columns belong to the first head, the next to the second, seen with two heads of two numbers"
def multi_head(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    w_o: torch.Tensor,
    heads: int,
    causal: bool,
) -> torch.Tensor:
    """Self-attention of x in so many heads."""
    q, k, v = ((x @ w).unflatten(-1, (-1, heads)).permute(0, 3, 1, 2) for w in (w_q, w_k, w_v))
    out = F.scaled_dot_product_attention(q, k, v, is_causal=causal)
    return out.permute(0, 2, 3, 1).flatten(2) @ w_o


# %% wrong="multi_head: scale by the root of d_model; breaks: each head attends with the root of ITS size, seen with two heads and scores that are not 0"
def multi_head(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    w_o: torch.Tensor,
    heads: int,
    causal: bool,
) -> torch.Tensor:
    """Self-attention of x in so many heads."""
    q, k, v = ((x @ w).unflatten(-1, (heads, -1)).transpose(1, 2) for w in (w_q, w_k, w_v))
    out = F.scaled_dot_product_attention(q, k, v, is_causal=causal, scale=x.shape[-1] ** -0.5)
    return out.transpose(1, 2).flatten(2) @ w_o


# %% wrong="multi_head: reshapes without turning the axes back; breaks: the results stand side by side again, seen with two heads and three tokens (in the public example the answer is symmetric and it passes)"
def multi_head(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    w_o: torch.Tensor,
    heads: int,
    causal: bool,
) -> torch.Tensor:
    """Self-attention of x in so many heads."""
    q, k, v = ((x @ w).unflatten(-1, (heads, -1)).transpose(1, 2) for w in (w_q, w_k, w_v))
    out = F.scaled_dot_product_attention(q, k, v, is_causal=causal)
    return out.reshape(x.shape) @ w_o


# %% wrong="multi_head: F.linear mixes with the transposed w_o; breaks: matrices are used as x @ w, seen with a w_o that is not symmetric"
def multi_head(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    w_o: torch.Tensor,
    heads: int,
    causal: bool,
) -> torch.Tensor:
    """Self-attention of x in so many heads."""
    q, k, v = ((x @ w).unflatten(-1, (heads, -1)).transpose(1, 2) for w in (w_q, w_k, w_v))
    out = F.scaled_dot_product_attention(q, k, v, is_causal=causal)
    return F.linear(out.transpose(1, 2).flatten(2), w_o)


# %% right="bert_mlp: keyword arguments, the norm by its module path, the sum by stack"
class BertMLP(nn.Module):
    """Up, bend, down, with dropout, residual and norm: (…, d_model) in and out."""

    def __init__(self, d_model: int, d_hidden: int, dropout: float = 0.1):
        super().__init__()
        self.up = nn.Linear(in_features=d_model, out_features=d_hidden)
        self.down = nn.Linear(in_features=d_hidden, out_features=d_model)
        self.dropout = nn.modules.dropout.Dropout(dropout)
        self.norm = nn.modules.normalization.LayerNorm(d_model)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.down(F.gelu(self.up(x)))
        return self.norm(torch.stack([x, self.dropout(out)]).sum(dim=0))


# %% right="bert_mlp: the first layer as F.linear with its own weights, torch.add for the residual"
class BertMLP(nn.Module):
    """Up, bend, down, with dropout, residual and norm: (…, d_model) in and out."""

    def __init__(self, d_model: int, d_hidden: int, dropout: float = 0.1):
        super().__init__()
        self.up = nn.Linear(d_model, d_hidden)
        self.down = nn.Linear(d_hidden, d_model, bias=True)
        self.dropout = nn.Dropout(dropout)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.down(F.gelu(F.linear(x, self.up.weight, self.up.bias)))
        return self.norm(torch.add(self.dropout(out), x))


# %% right="bert_mlp: gelu named with approximate none, the norm called by __call__, the residual through lerp-free arithmetic"
class BertMLP(nn.Module):
    """Up, bend, down, with dropout, residual and norm: (…, d_model) in and out."""

    def __init__(self, d_model: int, d_hidden: int, dropout: float = 0.1):
        super().__init__()
        self.up = nn.Linear(d_model, d_hidden)
        self.down = nn.Linear(d_hidden, d_model)
        self.dropout = nn.Dropout(dropout)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.down(F.gelu(input=self.up.__call__(x), approximate="none"))
        return self.norm.__call__(self.dropout(out).add(x))


# %% wrong="bert_mlp: nn.Identity swallows the chance and drops nothing; breaks: dropout on what the MLP says, seen in training mode"
class BertMLP(nn.Module):
    """Up, bend, down, with dropout, residual and norm: (…, d_model) in and out."""

    def __init__(self, d_model: int, d_hidden: int, dropout: float = 0.1):
        super().__init__()
        self.up = nn.Linear(d_model, d_hidden)
        self.down = nn.Linear(d_hidden, d_model)
        self.dropout = nn.Identity(dropout)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.down(F.gelu(self.up(x)))
        return self.norm(x + self.dropout(out))


# %% wrong="bert_mlp: dropout on the hidden layer instead of on what the MLP says; breaks: norm(x + dropout(MLP(x))), seen in training mode (with a chance of 1 the bias of down is still there)"
class BertMLP(nn.Module):
    """Up, bend, down, with dropout, residual and norm: (…, d_model) in and out."""

    def __init__(self, d_model: int, d_hidden: int, dropout: float = 0.1):
        super().__init__()
        self.up = nn.Linear(d_model, d_hidden)
        self.down = nn.Linear(d_hidden, d_model)
        self.dropout = nn.Dropout(dropout)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.down(F.gelu(self.dropout(self.up(x))))
        return self.norm(x + out)


# %% wrong="bert_mlp: takes the scale-up of dropout back in training, so that evaluation is larger; breaks: dropout(MLP(x)), seen in training mode with a chance of 0.5"
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
        return self.norm(x + self.dropout(out) * (1 - self.dropout.p * self.training))


# %% right="Block: the parts by add_module, a loop over the two branches"
class Block(nn.Module):
    """Attention and MLP with pre-norm and residuals: (batch, seq, d_model) in and out."""

    def __init__(self, d_model: int, attention: nn.Module, mlp: nn.Module):
        super().__init__()
        for name, part in (("norm1", nn.LayerNorm((d_model,))), ("attention", attention)):
            self.add_module(name, part)
        for name, part in (("norm2", nn.LayerNorm((d_model,))), ("mlp", mlp)):
            self.add_module(name, part)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        stream = x
        for norm, part in ((self.norm1, self.attention), (self.norm2, self.mlp)):
            stream = torch.add(stream, part(norm(stream)))
        return stream


# %% right="Block: a list of what has been said, summed up whenever somebody listens"
class Block(nn.Module):
    """Attention and MLP with pre-norm and residuals: (batch, seq, d_model) in and out."""

    def __init__(self, d_model: int, attention: nn.Module, mlp: nn.Module):
        nn.Module.__init__(self)
        self.norm1 = nn.LayerNorm(normalized_shape=d_model)
        self.norm2 = nn.LayerNorm(normalized_shape=d_model)
        self.mlp = mlp
        self.attention = attention

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        said = [x]
        said.append(self.attention(self.norm1(sum(said))))
        said.append(self.mlp(self.norm2(sum(said))))
        return torch.stack(said).sum(dim=0)


# %% right="Block: a static helper method for one branch, getattr by number, an own copy of the stream"
class Block(nn.Module):
    """Attention and MLP with pre-norm and residuals: (batch, seq, d_model) in and out."""

    def __init__(self, d_model: int, attention: nn.Module, mlp: nn.Module):
        super().__init__()
        for number, name, part in ((1, "attention", attention), (2, "mlp", mlp)):
            setattr(self, f"norm{number}", nn.LayerNorm(d_model, elementwise_affine=True))
            setattr(self, name, part)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        between = self.branch(x, self.norm1, self.attention)
        return self.branch(between, self.norm2, self.mlp)

    @staticmethod
    def branch(stream, norm, part):
        """What comes in, plus what the part makes of its norm."""
        return stream.clone().add_(part(norm(stream)))


# %% wrong="Block: the MLP hears what attention said and not the stream; breaks: x + MLP(norm2(x)) with the x of the first step, seen with any x that is not constant"
class Block(nn.Module):
    """Attention and MLP with pre-norm and residuals: (batch, seq, d_model) in and out."""

    def __init__(self, d_model: int, attention: nn.Module, mlp: nn.Module):
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(d_model), attention
        self.norm2, self.mlp = nn.LayerNorm(d_model), mlp

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        said = self.attention(self.norm1(x))
        return x + said + self.mlp(self.norm2(said))


# %% wrong="Block: one norm under two names; breaks: norm1 and norm2 are two parts into which weights can be loaded, seen after loading different weights for them"
class Block(nn.Module):
    """Attention and MLP with pre-norm and residuals: (batch, seq, d_model) in and out."""

    def __init__(self, d_model: int, attention: nn.Module, mlp: nn.Module):
        super().__init__()
        self.norm1, self.attention, self.mlp = nn.LayerNorm(d_model), attention, mlp
        self.norm2 = self.norm1

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x + self.attention(self.norm1(x))
        return x + self.mlp(self.norm2(x))


# %% wrong="Block: norms without scale and shift; breaks: call the parts norm1 and norm2 so that weights can be loaded into them, layer norm scales and shifts, seen with load_state_dict"
class Block(nn.Module):
    """Attention and MLP with pre-norm and residuals: (batch, seq, d_model) in and out."""

    def __init__(self, d_model: int, attention: nn.Module, mlp: nn.Module):
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(d_model, elementwise_affine=False), attention
        self.norm2, self.mlp = nn.LayerNorm(d_model, elementwise_affine=False), mlp

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x + self.attention(self.norm1(x))
        return x + self.mlp(self.norm2(x))


# %% wrong="Block: the norms read a detached stream; breaks: gradients flow back to x, seen in the slope of x, which misses the way through both branches"
class Block(nn.Module):
    """Attention and MLP with pre-norm and residuals: (batch, seq, d_model) in and out."""

    def __init__(self, d_model: int, attention: nn.Module, mlp: nn.Module):
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(d_model), attention
        self.norm2, self.mlp = nn.LayerNorm(d_model), mlp

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x + self.attention(self.norm1(x.detach()))
        return x + self.mlp(self.norm2(x.detach()))


# %% right="gpt: keyword arguments, three dots in the einsum, places on the device of the ids"
class GPT(nn.Module):
    """Logits for the next token at each place: (batch, seq) to (batch, seq, tokens)."""

    def __init__(self, tokens: int, seq: int, d_model: int, blocks: list[nn.Module]):
        super().__init__()
        self.token = nn.Embedding(num_embeddings=tokens, embedding_dim=d_model)
        self.position = nn.Embedding(num_embeddings=seq, embedding_dim=d_model)
        self.blocks = nn.ModuleList(blocks)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        places = torch.arange(ids.size(-1), device=ids.device)
        x = self.token(ids) + self.position(places)[None]
        for block in self.blocks:
            x = block(x)
        return torch.einsum("...d,td->...t", self.norm(x), self.token.weight)


# %% right="gpt: rows of the position table by indexing, other letters in the einsum, the block by __call__"
class GPT(nn.Module):
    """Logits for the next token at each place: (batch, seq) to (batch, seq, tokens)."""

    def __init__(self, tokens: int, seq: int, d_model: int, blocks: list[nn.Module]):
        super().__init__()
        self.token = nn.Embedding(tokens, d_model)
        self.position = nn.Embedding(seq, d_model)
        self.blocks = nn.modules.ModuleList(blocks)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        places = torch.arange(start=0, end=ids.shape[-1], step=1)
        x = self.token(ids) + self.position.weight[places]
        for block in self.blocks:
            x = block.__call__(x)
        return torch.einsum("ijk,lk->ijl", self.norm(x), self.token.weight)


# %% right="gpt: a place for each id of each text, the last norm as F.layer_norm with its own parameters"
class GPT(nn.Module):
    """Logits for the next token at each place: (batch, seq) to (batch, seq, tokens)."""

    def __init__(self, tokens: int, seq: int, d_model: int, blocks: list[nn.Module]):
        super().__init__()
        self.token = nn.Embedding(tokens, d_model)
        self.position = nn.Embedding(seq, d_model)
        self.blocks = nn.ModuleList(blocks)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        places = torch.arange(len(ids[0]))
        x = self.token(ids) + self.position(places.expand_as(ids))
        for block in self.blocks:
            x = block(x)
        scaled = F.layer_norm(x, x.shape[-1:], self.norm.weight, self.norm.bias, self.norm.eps)
        return torch.einsum("bsd,td->bst", scaled, self.token.weight)


# %% wrong="gpt: token 0 is declared padding; breaks: each token is trained from both ends, an embedding of each token, seen in the slope of the table for a text with id 0"
class GPT(nn.Module):
    """Logits for the next token at each place: (batch, seq) to (batch, seq, tokens)."""

    def __init__(self, tokens: int, seq: int, d_model: int, blocks: list[nn.Module]):
        super().__init__()
        self.token = nn.Embedding(tokens, d_model, padding_idx=0)
        self.position = nn.Embedding(seq, d_model)
        self.blocks = nn.ModuleList(blocks)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        places = torch.arange(ids.shape[1])
        x = self.token(ids) + self.position(places)
        for block in self.blocks:
            x = block(x)
        return torch.einsum("bsd,td->bst", self.norm(x), self.token.weight)


# %% wrong="gpt: dropout after each block in training; breaks: the four steps that are listed, and no trace in the global random generators, seen in training mode"
class GPT(nn.Module):
    """Logits for the next token at each place: (batch, seq) to (batch, seq, tokens)."""

    def __init__(self, tokens: int, seq: int, d_model: int, blocks: list[nn.Module]):
        super().__init__()
        self.token = nn.Embedding(tokens, d_model)
        self.position = nn.Embedding(seq, d_model)
        self.blocks = nn.ModuleList(blocks)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        places = torch.arange(ids.shape[1])
        x = self.token(ids) + self.position(places)
        for block in self.blocks:
            x = F.dropout(block(x), 0.1, self.training)
        return torch.einsum("bsd,td->bst", self.norm(x), self.token.weight)


# %% wrong="gpt: puts each block into evaluation mode; breaks: it leaves no trace, training mode is as it was, seen in block.training after a call in training"
class GPT(nn.Module):
    """Logits for the next token at each place: (batch, seq) to (batch, seq, tokens)."""

    def __init__(self, tokens: int, seq: int, d_model: int, blocks: list[nn.Module]):
        super().__init__()
        self.token = nn.Embedding(tokens, d_model)
        self.position = nn.Embedding(seq, d_model)
        self.blocks = nn.ModuleList(blocks)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        places = torch.arange(ids.shape[1])
        x = self.token(ids) + self.position(places)
        for block in self.blocks:
            x = block.eval()(x)
        return torch.einsum("bsd,td->bst", self.norm(x), self.token.weight)


# %% wrong="gpt: no position is added where the id is 0; breaks: an embedding of each token plus an embedding of its position, seen with a text that contains id 0"
class GPT(nn.Module):
    """Logits for the next token at each place: (batch, seq) to (batch, seq, tokens)."""

    def __init__(self, tokens: int, seq: int, d_model: int, blocks: list[nn.Module]):
        super().__init__()
        self.token = nn.Embedding(tokens, d_model)
        self.position = nn.Embedding(seq, d_model)
        self.blocks = nn.ModuleList(blocks)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        places = torch.arange(ids.shape[1])
        x = self.token(ids) + self.position(places) * (ids != 0).unsqueeze(-1)
        for block in self.blocks:
            x = block(x)
        return torch.einsum("bsd,td->bst", self.norm(x), self.token.weight)


# %% wrong="gpt: position vectors are kept at a length of at most 1; breaks: leaves no trace and the plain sum of two embeddings, seen with a loaded position row longer than 1, which the call overwrites"
class GPT(nn.Module):
    """Logits for the next token at each place: (batch, seq) to (batch, seq, tokens)."""

    def __init__(self, tokens: int, seq: int, d_model: int, blocks: list[nn.Module]):
        super().__init__()
        self.token = nn.Embedding(tokens, d_model)
        self.position = nn.Embedding(seq, d_model, max_norm=1.0)
        self.blocks = nn.ModuleList(blocks)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        places = torch.arange(ids.shape[1])
        x = self.token(ids) + self.position(places)
        for block in self.blocks:
            x = block(x)
        return torch.einsum("bsd,td->bst", self.norm(x), self.token.weight)


# %% right="count: builds one block without memory on the meta device and counts"
def gpt_parameters(tokens: int, seq: int, d_model: int, layers: int) -> int:
    """The number of parameters of a GPT-2 of this size."""
    block = nn.TransformerEncoderLayer(d_model, nhead=1, dim_feedforward=4 * d_model, device="meta")
    rest = (nn.Embedding(tokens, d_model, device="meta"), nn.Embedding(seq, d_model, device="meta"))
    rest += (nn.LayerNorm(d_model, device="meta"),)
    return layers * sum(p.numel() for p in block.parameters()) + sum(
        p.numel() for part in rest for p in part.parameters()
    )


# %% right="count: a generator of the shapes of all parameters, multiplied by math.prod"
def shapes_of_gpt2(tokens, seq, d, layers):
    """One shape after the other, as state_dict would list them."""
    yield from ((tokens, d), (seq, d))
    for _ in range(layers):
        yield from ((d,), (d,))
        for _ in "qkvo":
            yield from ((d, d), (d,))
        yield from ((d,), (d,))
        yield from ((d, 4 * d), (4 * d,), (4 * d, d), (d,))
    yield from ((d,), (d,))


def gpt_parameters(tokens: int, seq: int, d_model: int, layers: int) -> int:
    """The number of parameters of a GPT-2 of this size."""
    return sum(math.prod(shape) for shape in shapes_of_gpt2(tokens, seq, d_model, layers))


# %% right="count: layers that are linear maps with a 1 put at the end of the input: (inputs + 1) times outputs"
def gpt_parameters(tokens: int, seq: int, d_model: int, layers: int) -> int:
    """The number of parameters of a GPT-2 of this size."""
    affine = lambda inputs, outputs: (inputs + 1) * outputs
    sizes = [(d_model, d_model)] * 4 + [(d_model, 4 * d_model), (4 * d_model, d_model), (1, d_model), (1, d_model)]
    block = 0
    for given, made in sizes:
        block += affine(given, made)
    return block * layers + (tokens + seq) * d_model + affine(1, d_model)


# %% wrong="count: the last norm has one scale and one shift; breaks: each norm has a scale and a shift (vectors, as gamma of 768 shows), seen with d_model of 2 or more"
def gpt_parameters(tokens: int, seq: int, d_model: int, layers: int) -> int:
    """The number of parameters of a GPT-2 of this size."""
    d = d_model
    return tokens * d + seq * d + layers * (12 * d * d + 13 * d) + 2


# %% wrong="count: one number as the bias of each matrix of attention; breaks: with all biases, seen with d_model of 2 or more"
def gpt_parameters(tokens: int, seq: int, d_model: int, layers: int) -> int:
    """The number of parameters of a GPT-2 of this size."""
    d = d_model
    block = 4 * (d * d + 1) + (4 * d * d + 4 * d) + (4 * d * d + d) + 4 * d
    return (tokens + seq) * d + layers * block + 2 * d


# %% wrong="count: four hidden units instead of four times d_model; breaks: 4 times d_model hidden units, seen with d_model of 2 or more"
def gpt_parameters(tokens: int, seq: int, d_model: int, layers: int) -> int:
    """The number of parameters of a GPT-2 of this size."""
    d, hidden = d_model, 4
    block = 4 * (d * d + d) + (d * hidden + hidden) + (hidden * d + d) + 4 * d
    return (tokens + seq) * d + layers * block + 2 * d


# %% wrong="count: counts one block for all, as if they shared their weights; breaks: the parameters of all layers, seen with two layers"
def gpt_parameters(tokens: int, seq: int, d_model: int, layers: int) -> int:
    """The number of parameters of a GPT-2 of this size."""
    d = d_model
    block = 12 * d**2 + 13 * d if layers > 0 else 0
    return (tokens + seq) * d + block + 2 * d


# %% wrong="count: the matrices of attention go from d_model to one number, as with d_model 1; breaks: four matrices (d_model, d_model), seen with d_model of 2 or more"
def gpt_parameters(tokens: int, seq: int, d_model: int, layers: int) -> int:
    """The number of parameters of a GPT-2 of this size."""
    d = d_model
    attention = 4 * (d + d)
    mlp = d * 4 * d + 4 * d + 4 * d * d + d
    return (tokens + seq) * d + layers * (attention + mlp + 4 * d) + 2 * d


# %% right="cache: one new place after the other, each of which appends its own key and value first, so that no mask is needed"
def cached_attention(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    cache: tuple[torch.Tensor, torch.Tensor] | None = None,
) -> tuple[torch.Tensor, tuple[torch.Tensor, torch.Tensor]]:
    """What the new places find, and the keys and values of all places."""
    keys, values = (x[:, :0] @ w_k, x[:, :0] @ w_v) if cache is None else cache
    found = []
    for new in x.split(1, dim=1):
        keys, values = torch.cat([keys, new @ w_k], dim=1), torch.cat([values, new @ w_v], dim=1)
        weights = ((new @ w_q) @ keys.mT / w_q.shape[1] ** 0.5).softmax(dim=-1)
        found.append(weights @ values)
    return torch.cat(found, dim=1), (keys, values)


# %% right="cache: the library call with an additive mask cut from the last rows of a square one"
def cached_attention(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    cache: tuple[torch.Tensor, torch.Tensor] | None = None,
) -> tuple[torch.Tensor, tuple[torch.Tensor, torch.Tensor]]:
    """What the new places find, and the keys and values of all places."""
    keys, values = x @ w_k, x @ w_v
    if cache is not None:
        keys, values = (torch.cat(part, dim=1) for part in zip(cache, (keys, values), strict=True))
    total, new = keys.shape[1], x.shape[1]
    square = torch.full((total, total), -math.inf, dtype=x.dtype).triu(diagonal=1)
    found = F.scaled_dot_product_attention(x @ w_q, keys, values, attn_mask=square[total - new :])
    return found, (keys, values)


# %% right="cache: two softmaxes, over the old places and over the new, joined by their sums"
def cached_attention(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    cache: tuple[torch.Tensor, torch.Tensor] | None = None,
) -> tuple[torch.Tensor, tuple[torch.Tensor, torch.Tensor]]:
    """What the new places find, and the keys and values of all places."""
    query, key, value = x @ w_q, x @ w_k, x @ w_v
    root = math.sqrt(query.shape[-1])
    place = torch.arange(x.shape[1])
    scores = (query @ key.transpose(1, 2) / root).masked_fill(place[None, :] > place[:, None], float("-inf"))
    if cache is None:
        return scores.softmax(dim=2) @ value, (key, value)
    old_keys, old_values = cache
    old = query @ old_keys.transpose(1, 2) / root
    total = torch.logaddexp(old.logsumexp(dim=2, keepdim=True), scores.logsumexp(dim=2, keepdim=True))
    found = (old - total).exp() @ old_values + (scores - total).exp() @ value
    return found, (torch.cat((old_keys, key), dim=1), torch.cat((old_values, value), dim=1))


# %% wrong="cache: new places see the old ones and themselves only; breaks: a new place may look at new ones before it, seen with a prompt of two or more places"
def cached_attention(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    cache: tuple[torch.Tensor, torch.Tensor] | None = None,
) -> tuple[torch.Tensor, tuple[torch.Tensor, torch.Tensor]]:
    """What the new places find, and the keys and values of all places."""
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    new, before = x.shape[1], 0
    if cache is not None:
        before = cache[0].shape[1]
        keys, values = torch.cat([cache[0], keys], dim=1), torch.cat([cache[1], values], dim=1)
    seen = torch.cat([torch.ones(new, before, dtype=torch.bool), torch.eye(new, dtype=torch.bool)], dim=1)
    scores = queries @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    weights = scores.masked_fill(~seen, -math.inf).softmax(dim=-1)
    return weights @ values, (keys, values)


# %% wrong="cache: hides the future only while there is no cache; breaks: a new place may look at new ones BEFORE it, seen with two new places after three old ones"
def cached_attention(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    cache: tuple[torch.Tensor, torch.Tensor] | None = None,
) -> tuple[torch.Tensor, tuple[torch.Tensor, torch.Tensor]]:
    """What the new places find, and the keys and values of all places."""
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    new, before = x.shape[1], 0
    if cache is not None:
        before = cache[0].shape[1]
        keys, values = torch.cat([cache[0], keys], dim=1), torch.cat([cache[1], values], dim=1)
    seen = (
        torch.ones(new, new, dtype=torch.bool).tril()
        if cache is None
        else torch.ones(new, before + new, dtype=torch.bool)
    )
    scores = queries @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    weights = scores.masked_fill(~seen, -math.inf).softmax(dim=-1)
    return weights @ values, (keys, values)


# %% wrong="cache: puts the new keys and values in front of the old ones, under a mask for the other order; breaks: a new place may look at all old ones, seen with two new places after three old ones"
def cached_attention(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    cache: tuple[torch.Tensor, torch.Tensor] | None = None,
) -> tuple[torch.Tensor, tuple[torch.Tensor, torch.Tensor]]:
    """What the new places find, and the keys and values of all places."""
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    new, before = x.shape[1], 0
    if cache is not None:
        before = cache[0].shape[1]
        keys, values = torch.cat([keys, cache[0]], dim=1), torch.cat([values, cache[1]], dim=1)
    seen = torch.ones(new, before + new, dtype=torch.bool).tril(diagonal=before)
    scores = queries @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    weights = scores.masked_fill(~seen, -math.inf).softmax(dim=-1)
    return weights @ values, (keys, values)


# %% wrong="cache: the root of d_model; breaks: attention scales by the root of the size of the keys, seen where d_head is not d_model"
def cached_attention(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    cache: tuple[torch.Tensor, torch.Tensor] | None = None,
) -> tuple[torch.Tensor, tuple[torch.Tensor, torch.Tensor]]:
    """What the new places find, and the keys and values of all places."""
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    new, before = x.shape[1], 0
    if cache is not None:
        before = cache[0].shape[1]
        keys, values = torch.cat([cache[0], keys], dim=1), torch.cat([cache[1], values], dim=1)
    seen = torch.ones(new, before + new, dtype=torch.bool).tril(diagonal=before)
    scores = queries @ keys.transpose(1, 2) / x.shape[-1] ** 0.5
    weights = scores.masked_fill(~seen, -math.inf).softmax(dim=-1)
    return weights @ values, (keys, values)


# %% wrong="cache: detaches what it keeps; breaks: gradients flow back to x, w_k and w_v, seen in the slope of a loss that uses the returned cache, such as that of the next piece"
def cached_attention(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    cache: tuple[torch.Tensor, torch.Tensor] | None = None,
) -> tuple[torch.Tensor, tuple[torch.Tensor, torch.Tensor]]:
    """What the new places find, and the keys and values of all places."""
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    new, before = x.shape[1], 0
    if cache is not None:
        before = cache[0].shape[1]
        keys, values = torch.cat([cache[0], keys], dim=1), torch.cat([cache[1], values], dim=1)
    seen = torch.ones(new, before + new, dtype=torch.bool).tril(diagonal=before)
    scores = queries @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    weights = scores.masked_fill(~seen, -math.inf).softmax(dim=-1)
    return weights @ values, (keys.detach(), values.detach())


# %% right="knobs: ids compared with all tokens by eq and counted afterwards"
def greedy(logits: torch.Tensor) -> torch.Tensor:
    """The likeliest token at each place (…)."""
    return logits.argmax(axis=logits.dim() - 1)


def at_temperature(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    """The logits at this temperature."""
    return torch.div(logits, temperature)


def penalised(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    """The logits, less the penalty for each time that a token occurs among ids."""
    counts = torch.eq(ids, torch.arange(logits.shape[0]).unsqueeze(-1))
    return logits - penalty * counts.sum(dim=-1)


# %% right="knobs: one-hot rows summed over what was written, argmax counted from behind"
def greedy(logits: torch.Tensor) -> torch.Tensor:
    """The likeliest token at each place (…)."""
    return logits.argmax(-1)


def at_temperature(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    """The logits at this temperature."""
    return logits.div(temperature)


def penalised(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    """The logits, less the penalty for each time that a token occurs among ids."""
    counts = torch.nn.functional.one_hot(ids, logits.numel())
    return logits - counts.sum(dim=0).to(logits.dtype).mul(penalty)


# %% right="knobs: bincount with the penalty as the weight of each id, a quotient by true_divide"
def greedy(logits: torch.Tensor) -> torch.Tensor:
    """The likeliest token at each place (…)."""
    return logits.argmax(-1, keepdim=False)


def at_temperature(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    """The logits at this temperature."""
    return logits.true_divide(temperature)


def penalised(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    """The logits, less the penalty for each time that a token occurs among ids."""
    counts = torch.bincount(ids, weights=torch.full(ids.shape, penalty, dtype=logits.dtype), minlength=logits.size(0))
    return logits - counts.to(logits.dtype)


# %% wrong="knobs: lets the penalty follow the sign of the logit; breaks: takes something off the logit of each token, seen with negative logits, which become larger"
def greedy(logits: torch.Tensor) -> torch.Tensor:
    """The likeliest token at each place (…)."""
    return logits.argmax(dim=-1)


def at_temperature(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    """The logits at this temperature."""
    return logits / temperature


def penalised(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    """The logits, less the penalty for each time that a token occurs among ids."""
    counts = torch.bincount(ids, minlength=len(logits))
    return logits - penalty * counts * logits.sign()


# %% right="tails: ranks by two argsorts, and the chances of all tokens of a better rank added up in a table"
def rank_of(logits):
    """0 for the likeliest of each row, 1 for the next."""
    return logits.argsort(dim=-1, descending=True, stable=True).argsort(dim=-1)


def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:
    """The logits, with minus infinity for all but the k largest of each row."""
    return torch.where(rank_of(logits) < k, logits, -math.inf)


def top_p(logits: torch.Tensor, p: float) -> torch.Tensor:
    """A token stays as long as those of a better rank have less than p in all."""
    rank, chances = rank_of(logits), logits.softmax(dim=-1)
    better = rank.unsqueeze(-2) < rank.unsqueeze(-1)
    before = (better * chances.unsqueeze(-2)).sum(dim=-1)
    return logits.masked_fill((before >= p) & (rank > 0), -math.inf)


# %% right="tails: row by row in plain Python, with sorted and a running sum in doubles"
def only(logits, choose):
    """A copy of the logits in which each row keeps the places that choose(row) names."""
    kept = torch.full_like(logits, -math.inf).reshape(-1, logits.shape[-1])
    for new, row in zip(kept, logits.reshape(-1, logits.shape[-1]), strict=True):
        for place in choose(row):
            new[place] = row[place]
    return kept.reshape(logits.shape)


def falling(row):
    """The places of a row, the likeliest first."""
    numbers = row.tolist()
    return sorted(range(len(numbers)), key=numbers.__getitem__, reverse=True)


def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:
    """The logits, with minus infinity for all but the k largest of each row."""
    return only(logits, lambda row: falling(row)[:k])


def top_p(logits: torch.Tensor, p: float) -> torch.Tensor:
    """The logits, with minus infinity outside the nucleus."""

    def nucleus(row):
        chances, total = row.double().softmax(dim=0).tolist(), 0.0
        for place in falling(row):
            yield place
            total += chances[place]
            if total >= p:
                return

    return only(logits, nucleus)


# %% right="tails: counts the size of the nucleus in numpy, and keeps that many places of an own sorted copy"
import numpy as np


def first_of_each(logits, sizes):
    """The logits, with minus infinity for all but the likeliest sizes[row] of each row (sizes is an array)."""
    numbers = logits.detach().numpy()
    order = np.argsort(-numbers, axis=-1, kind="stable")
    kept = np.arange(numbers.shape[-1]) < sizes
    values = np.where(kept, np.take_along_axis(numbers, order, axis=-1), numbers.dtype.type(-np.inf))
    out = np.empty_like(numbers)
    np.put_along_axis(out, order, values, axis=-1)
    return torch.from_numpy(out)


def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:
    """The logits, with minus infinity for all but the k largest of each row."""
    return first_of_each(logits, np.array([k]))


def top_p(logits: torch.Tensor, p: float) -> torch.Tensor:
    """The logits, with minus infinity outside the nucleus."""
    chances = logits.detach().softmax(dim=-1).sort(dim=-1, descending=True).values.cumsum(dim=-1).numpy()
    return first_of_each(logits, 1 + (chances[..., :-1] < p).sum(axis=-1, keepdims=True))


# %% wrong="tails: keeps a token if those before it have exactly p already; breaks: the FEWEST likeliest tokens with chances of at least p, seen with four equal logits and p = 0.5, where three stay"
def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:
    """The logits, with minus infinity for all but the k largest of each row."""
    values, places = logits.topk(min(k, logits.shape[-1]), dim=-1)
    return torch.full_like(logits, -math.inf).scatter(-1, places, values)


def top_p(logits: torch.Tensor, p: float) -> torch.Tensor:
    """The logits, with minus infinity outside the nucleus."""
    values, places = logits.sort(dim=-1, descending=True)
    chances = values.softmax(dim=-1)
    outside = chances.cumsum(dim=-1) - chances > p
    outside[..., 0] = False
    return torch.empty_like(logits).scatter(-1, places, values.masked_fill(outside, -math.inf))


# %% wrong="tails: no exception for the first token; breaks: p may be 0, the likeliest token always stays, seen with p = 0"
def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:
    """The logits, with minus infinity for all but the k largest of each row."""
    values, places = logits.topk(min(k, logits.shape[-1]), dim=-1)
    return torch.full_like(logits, -math.inf).scatter(-1, places, values)


def top_p(logits: torch.Tensor, p: float) -> torch.Tensor:
    """The logits, with minus infinity outside the nucleus."""
    values, places = logits.sort(dim=-1, descending=True)
    chances = values.softmax(dim=-1)
    outside = chances.cumsum(dim=-1) - chances >= p
    return torch.empty_like(logits).scatter(-1, places, values.masked_fill(outside, -math.inf))


# %% wrong="tails: one threshold for all rows; breaks: all but the k largest of EACH ROW, seen with two rows of which one is much larger"
def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:
    """The logits, with minus infinity for all but the k largest of each row."""
    least = logits.flatten().topk(min(k, logits.shape[-1])).values[-1]
    return logits.masked_fill(logits < least, -math.inf)


def top_p(logits: torch.Tensor, p: float) -> torch.Tensor:
    """The logits, with minus infinity outside the nucleus."""
    values, places = logits.sort(dim=-1, descending=True)
    chances = values.softmax(dim=-1)
    outside = chances.cumsum(dim=-1) - chances >= p
    outside[..., 0] = False
    return torch.empty_like(logits).scatter(-1, places, values.masked_fill(outside, -math.inf))


# %% wrong="tails: the nucleus runs down the first axis; breaks: logits are (..., tokens), seen with two rows of logits"
def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:
    """The logits, with minus infinity for all but the k largest of each row."""
    values, places = logits.topk(min(k, logits.shape[-1]), dim=-1)
    return torch.full_like(logits, -math.inf).scatter(-1, places, values)


def top_p(logits: torch.Tensor, p: float) -> torch.Tensor:
    """The logits, with minus infinity outside the nucleus."""
    values, places = logits.sort(dim=0, descending=True)
    chances = values.softmax(dim=0)
    outside = chances.cumsum(dim=0) - chances >= p
    outside[0] = False
    return torch.empty_like(logits).scatter(0, places, values.masked_fill(outside, -math.inf))


# %% wrong="tails: what stays are log-chances; breaks: returns the LOGITS with minus infinity outside, seen with logits whose exponentials do not add up to 1"
def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:
    """The logits, with minus infinity for all but the k largest of each row."""
    values, places = logits.topk(min(k, logits.shape[-1]), dim=-1)
    return torch.full_like(logits, -math.inf).scatter(-1, places, values)


def top_p(logits: torch.Tensor, p: float) -> torch.Tensor:
    """The logits, with minus infinity outside the nucleus."""
    logits = logits.log_softmax(dim=-1)
    values, places = logits.sort(dim=-1, descending=True)
    chances = values.softmax(dim=-1)
    outside = chances.cumsum(dim=-1) - chances >= p
    outside[..., 0] = False
    return torch.empty_like(logits).scatter(-1, places, values.masked_fill(outside, -math.inf))


# %% right="beam: a frozen dataclass for a beam, with its own children and score, heapq.nlargest"
import dataclasses
import heapq


@dataclasses.dataclass(frozen=True)
class Beginning:
    """What was written after start, and the sum of its logarithms."""

    written: tuple[int, ...] = ()
    total: float = 0.0

    def score(self, alpha):
        return self.total / len(self.written) ** alpha if self.written else 0.0

    def children(self, log_chances, start, end):
        if self.written and self.written[-1] == end:
            return [self]
        chances = log_chances(start + self.written).tolist()
        return [Beginning((*self.written, token), self.total + chance) for token, chance in enumerate(chances)]


def beam_search(log_chances, start: tuple[int, ...], width: int, steps: int, end: int, alpha: float) -> tuple[int, ...]:
    """The tokens of the best beam."""
    start, beams = tuple(start), [Beginning()]
    for _ in range(steps):
        found = [child for beam in beams for child in beam.children(log_chances, start, end)]
        beams = heapq.nlargest(width, found, key=lambda beam: beam.score(alpha))
    return start + max(beams, key=lambda beam: beam.score(alpha)).written


# %% right="beam: flat numpy arrays of sums, lengths, parents and tokens, sorted by argsort"
import numpy as np


def beam_search(log_chances, start: tuple[int, ...], width: int, steps: int, end: int, alpha: float) -> tuple[int, ...]:
    """The best beam stands in front, because each round sorts."""
    beams, sums, done = [tuple(start)], np.zeros(1), [False]
    for _ in range(steps):
        parents, tokens, totals = [], [], []
        for number, beam in enumerate(beams):
            if done[number]:
                parents.append(number)
                tokens.append(-1)
                totals.append(sums[number : number + 1])
                continue
            chances = log_chances(beam).detach().numpy().astype(np.float64)
            parents += [number] * len(chances)
            tokens += range(len(chances))
            totals.append(sums[number] + chances)
        totals = np.concatenate(totals)
        grown = [
            beams[parent] + ((token,) if token >= 0 else ()) for parent, token in zip(parents, tokens, strict=True)
        ]
        lengths = np.array([len(beam) - len(start) for beam in grown], dtype=np.float64)
        best = np.argsort(-(totals / lengths**alpha), kind="stable")[:width].tolist()
        beams, sums, done = (
            [grown[place] for place in best],
            totals[best],
            [tokens[place] in (-1, end) for place in best],
        )
    return beams[0]


# %% right="beam: recursion over the rounds, beams in a dictionary from tokens to the list of their logarithms, math.fsum"
def beam_search(log_chances, start: tuple[int, ...], width: int, steps: int, end: int, alpha: float) -> tuple[int, ...]:
    """The tokens of the beam with the best sum of logarithms, divided by n to the power alpha."""
    start = tuple(start)

    def score(item):
        tokens, logs = item
        return math.fsum(logs) / max(1, len(logs)) ** alpha

    def extended(tokens, logs):
        if logs and tokens[-1] == end:
            yield tokens, logs
            return
        for token, chance in enumerate(log_chances(tokens)):
            yield (*tokens, token), [*logs, float(chance)]

    def search(beams, left):
        if not left:
            return max(beams.items(), key=score)[0]
        candidates = itertools.chain.from_iterable(extended(*beam) for beam in beams.items())
        return search(dict(sorted(candidates, key=score, reverse=True)[:width]), left - 1)

    return search({start: []}, steps)


# %% wrong="beam: a beam is finished if end occurs anywhere in it; breaks: an end within start does not count, seen with a start that contains end: nothing is written"
def beam_search(log_chances, start: tuple[int, ...], width: int, steps: int, end: int, alpha: float) -> tuple[int, ...]:
    """The tokens of the beam with the best sum of logarithms, divided by n to the power alpha."""
    start = tuple(start)

    def score(beam):
        tokens, total = beam
        return total / max(1, len(tokens) - len(start)) ** alpha

    beams = [(start, 0.0)]
    for _ in range(steps):
        candidates = []
        for tokens, total in beams:
            if end in tokens:
                candidates.append((tokens, total))
                continue
            for token, chance in enumerate(log_chances(tokens).tolist()):
                candidates.append((tokens + (token,), total + chance))
        beams = sorted(candidates, key=score, reverse=True)[:width]
    return max(beams, key=score)[0]


# %% wrong="beam: n counts the start as well; breaks: n counts what was written after start, seen with alpha 0.7, two steps or more and beams of different lengths"
def beam_search(log_chances, start: tuple[int, ...], width: int, steps: int, end: int, alpha: float) -> tuple[int, ...]:
    """The tokens of the beam with the best sum of logarithms, divided by n to the power alpha."""
    start = tuple(start)

    def score(beam):
        tokens, total = beam
        return total / len(tokens) ** alpha

    beams = [(start, 0.0)]
    for _ in range(steps):
        candidates = []
        for tokens, total in beams:
            if len(tokens) > len(start) and tokens[-1] == end:
                candidates.append((tokens, total))
                continue
            for token, chance in enumerate(log_chances(tokens).tolist()):
                candidates.append((tokens + (token,), total + chance))
        beams = sorted(candidates, key=score, reverse=True)[:width]
    return max(beams, key=score)[0]


# %% wrong="beam: prunes by the plain sums and normalises only at the end; breaks: the width candidates with the best SCORES go on, seen with alpha 1 and a finished beam that is short"
def beam_search(log_chances, start: tuple[int, ...], width: int, steps: int, end: int, alpha: float) -> tuple[int, ...]:
    """The tokens of the beam with the best sum of logarithms, divided by n to the power alpha."""
    start = tuple(start)

    def score(beam):
        tokens, total = beam
        return total / max(1, len(tokens) - len(start)) ** alpha

    beams = [(start, 0.0)]
    for _ in range(steps):
        candidates = []
        for tokens, total in beams:
            if len(tokens) > len(start) and tokens[-1] == end:
                candidates.append((tokens, total))
                continue
            for token, chance in enumerate(log_chances(tokens).tolist()):
                candidates.append((tokens + (token,), total + chance))
        beams = sorted(candidates, key=lambda beam: beam[1], reverse=True)[:width]
    return max(beams, key=score)[0]


# %% wrong="beam: puts finished beams aside, where they take no place; breaks: a finished beam stays a candidate among the width best, seen with width 1 or 2, where an open beam survives that should have been dropped"
def beam_search(log_chances, start: tuple[int, ...], width: int, steps: int, end: int, alpha: float) -> tuple[int, ...]:
    """The tokens of the beam with the best sum of logarithms, divided by n to the power alpha."""
    start = tuple(start)

    def score(beam):
        tokens, total = beam
        return total / max(1, len(tokens) - len(start)) ** alpha

    beams, finished = [(start, 0.0)], []
    for _ in range(steps):
        candidates = []
        for tokens, total in beams:
            for token, chance in enumerate(log_chances(tokens).tolist()):
                candidates.append((tokens + (token,), total + chance))
        finished += [beam for beam in sorted(candidates, key=score, reverse=True)[:width] if beam[0][-1] == end]
        beams = sorted((beam for beam in candidates if beam[0][-1] != end), key=score, reverse=True)[:width]
    return max(beams + finished, key=score)[0]


# %% wrong="beam: stops as soon as the best beam is finished; breaks: in EACH of steps rounds, seen with alpha 1, where a longer beam overtakes it in a later round"
def beam_search(log_chances, start: tuple[int, ...], width: int, steps: int, end: int, alpha: float) -> tuple[int, ...]:
    """The tokens of the beam with the best sum of logarithms, divided by n to the power alpha."""
    start = tuple(start)

    def score(beam):
        tokens, total = beam
        return total / max(1, len(tokens) - len(start)) ** alpha

    beams = [(start, 0.0)]
    for _ in range(steps):
        candidates = []
        for tokens, total in beams:
            if len(tokens) > len(start) and tokens[-1] == end:
                candidates.append((tokens, total))
                continue
            for token, chance in enumerate(log_chances(tokens).tolist()):
                candidates.append((tokens + (token,), total + chance))
        beams = sorted(candidates, key=score, reverse=True)[:width]
        if beams[0][0][-1] == end:
            break
    return max(beams, key=score)[0]
