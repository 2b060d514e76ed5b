# Answers to the exercises of 1_tokens.py, right and wrong: what `course audit` grades. No student sees them.

# %% right="byte_pairs: dictionaries and a while loop"
def commonest_pair(words):
    found = {}
    for word in words:
        for place in range(len(word) - 1):
            pair = word[place], word[place + 1]
            found[pair] = found.get(pair, 0) + words[word]
    best = None
    for pair in found:
        if best is None or found[pair] > found[best]:
            best = pair
    return best


def merge(word, pair):
    rest, made = list(word), []
    while rest:
        token = rest.pop(0)
        if rest and (token, rest[0]) == tuple(pair):
            token += rest.pop(0)
        made.append(token)
    return tuple(made)


def encode(word, merges):
    tokens = tuple(word)
    for pair in merges:
        tokens = merge(tokens, pair)
    return tokens


# %% right="byte_pairs: a merge in place of a list, most_common"
def commonest_pair(words):
    pairs = collections.Counter()
    for word, count in words.items():
        pairs.update({pair: count * n for pair, n in collections.Counter(zip(word[:-1], word[1:])).items()})
    return pairs.most_common(1)[0][0]


def merge(word, pair):
    tokens, place = list(word), 0
    while place + 1 < len(tokens):
        if (tokens[place], tokens[place + 1]) == pair:
            tokens[place : place + 2] = ["".join(pair)]
        place += 1
    return tuple(tokens)


def encode(word, merges):
    import functools

    return functools.reduce(merge, merges, tuple(word))


# %% wrong="byte_pairs: a word counts once"
def commonest_pair(words: dict[tuple[str, ...], int]) -> tuple[str, str]:
    """The commonest pair of neighbours in words, which says how often each word (a tuple of tokens) occurs."""
    pairs = collections.Counter()
    for word, count in words.items():
        for pair in itertools.pairwise(word):
            pairs[pair] += 1
    return max(pairs, key=pairs.get)


def merge(word: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    """The tokens of the word, with each occurrence of the pair joined into one token."""
    joined, place = [], 0
    while place < len(word):
        size = 2 if tuple(word[place : place + 2]) == pair else 1
        joined.append("".join(word[place : place + size]))
        place += size
    return tuple(joined)


def encode(word: str, merges: list[tuple[str, str]]) -> tuple[str, ...]:
    """The tokens of a word, after all these merges in this order."""
    tokens = tuple(word)
    for pair in merges:
        tokens = merge(tokens, pair)
    return tokens


# %% wrong="byte_pairs: the rarest pair"
def commonest_pair(words: dict[tuple[str, ...], int]) -> tuple[str, str]:
    """The commonest pair of neighbours in words, which says how often each word (a tuple of tokens) occurs."""
    pairs = collections.Counter()
    for word, count in words.items():
        for pair in itertools.pairwise(word):
            pairs[pair] += count
    return min(pairs, key=pairs.get)


def merge(word: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    """The tokens of the word, with each occurrence of the pair joined into one token."""
    joined, place = [], 0
    while place < len(word):
        size = 2 if tuple(word[place : place + 2]) == pair else 1
        joined.append("".join(word[place : place + size]))
        place += size
    return tuple(joined)


def encode(word: str, merges: list[tuple[str, str]]) -> tuple[str, ...]:
    """The tokens of a word, after all these merges in this order."""
    tokens = tuple(word)
    for pair in merges:
        tokens = merge(tokens, pair)
    return tokens


# %% wrong="byte_pairs: pairs of letters that are not neighbours"
def commonest_pair(words: dict[tuple[str, ...], int]) -> tuple[str, str]:
    """The commonest pair of neighbours in words, which says how often each word (a tuple of tokens) occurs."""
    pairs = collections.Counter()
    for word, count in words.items():
        for pair in itertools.combinations(word, 2):
            pairs[pair] += count
    return max(pairs, key=pairs.get)


def merge(word: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    """The tokens of the word, with each occurrence of the pair joined into one token."""
    joined, place = [], 0
    while place < len(word):
        size = 2 if tuple(word[place : place + 2]) == pair else 1
        joined.append("".join(word[place : place + size]))
        place += size
    return tuple(joined)


def encode(word: str, merges: list[tuple[str, str]]) -> tuple[str, ...]:
    """The tokens of a word, after all these merges in this order."""
    tokens = tuple(word)
    for pair in merges:
        tokens = merge(tokens, pair)
    return tokens


# %% wrong="byte_pairs: each pair once a word"
def commonest_pair(words: dict[tuple[str, ...], int]) -> tuple[str, str]:
    """The commonest pair of neighbours in words, which says how often each word (a tuple of tokens) occurs."""
    pairs = collections.Counter()
    for word, count in words.items():
        for pair in set(itertools.pairwise(word)):
            pairs[pair] += count
    return max(pairs, key=pairs.get)


def merge(word: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    """The tokens of the word, with each occurrence of the pair joined into one token."""
    joined, place = [], 0
    while place < len(word):
        size = 2 if tuple(word[place : place + 2]) == pair else 1
        joined.append("".join(word[place : place + size]))
        place += size
    return tuple(joined)


def encode(word: str, merges: list[tuple[str, str]]) -> tuple[str, ...]:
    """The tokens of a word, after all these merges in this order."""
    tokens = tuple(word)
    for pair in merges:
        tokens = merge(tokens, pair)
    return tokens


# %% wrong="byte_pairs: what was joined is used again"
def commonest_pair(words: dict[tuple[str, ...], int]) -> tuple[str, str]:
    """The commonest pair of neighbours in words, which says how often each word (a tuple of tokens) occurs."""
    pairs = collections.Counter()
    for word, count in words.items():
        for pair in itertools.pairwise(word):
            pairs[pair] += count
    return max(pairs, key=pairs.get)


def merge(word: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    """The tokens of the word, with each occurrence of the pair joined into one token."""
    joined, place = [], 0
    while place < len(word):
        size = 2 if tuple(word[place : place + 2]) == pair else 1
        joined.append("".join(word[place : place + size]))
        place += 1
    return tuple(joined)


def encode(word: str, merges: list[tuple[str, str]]) -> tuple[str, ...]:
    """The tokens of a word, after all these merges in this order."""
    tokens = tuple(word)
    for pair in merges:
        tokens = merge(tokens, pair)
    return tokens


# %% wrong="byte_pairs: the first occurrence only"
def commonest_pair(words: dict[tuple[str, ...], int]) -> tuple[str, str]:
    """The commonest pair of neighbours in words, which says how often each word (a tuple of tokens) occurs."""
    pairs = collections.Counter()
    for word, count in words.items():
        for pair in itertools.pairwise(word):
            pairs[pair] += count
    return max(pairs, key=pairs.get)


def merge(word: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    """The tokens of the word, with each occurrence of the pair joined into one token."""
    joined, place = [], 0
    while place < len(word):
        size = 2 if tuple(word[place : place + 2]) == pair and len(joined) == place else 1
        joined.append("".join(word[place : place + size]))
        place += size
    return tuple(joined)


def encode(word: str, merges: list[tuple[str, str]]) -> tuple[str, ...]:
    """The tokens of a word, after all these merges in this order."""
    tokens = tuple(word)
    for pair in merges:
        tokens = merge(tokens, pair)
    return tokens


# %% wrong="byte_pairs: compares what is glued together"
def commonest_pair(words: dict[tuple[str, ...], int]) -> tuple[str, str]:
    """The commonest pair of neighbours in words, which says how often each word (a tuple of tokens) occurs."""
    pairs = collections.Counter()
    for word, count in words.items():
        for pair in itertools.pairwise(word):
            pairs[pair] += count
    return max(pairs, key=pairs.get)


def merge(word: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    """The tokens of the word, with each occurrence of the pair joined into one token."""
    joined, place = [], 0
    while place < len(word):
        size = 2 if "".join(word[place : place + 2]) == "".join(pair) else 1
        joined.append("".join(word[place : place + size]))
        place += size
    return tuple(joined)


def encode(word: str, merges: list[tuple[str, str]]) -> tuple[str, ...]:
    """The tokens of a word, after all these merges in this order."""
    tokens = tuple(word)
    for pair in merges:
        tokens = merge(tokens, pair)
    return tokens


# %% wrong="byte_pairs: merges backwards"
def commonest_pair(words: dict[tuple[str, ...], int]) -> tuple[str, str]:
    """The commonest pair of neighbours in words, which says how often each word (a tuple of tokens) occurs."""
    pairs = collections.Counter()
    for word, count in words.items():
        for pair in itertools.pairwise(word):
            pairs[pair] += count
    return max(pairs, key=pairs.get)


def merge(word: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    """The tokens of the word, with each occurrence of the pair joined into one token."""
    joined, place = [], 0
    while place < len(word):
        size = 2 if tuple(word[place : place + 2]) == pair else 1
        joined.append("".join(word[place : place + size]))
        place += size
    return tuple(joined)


def encode(word: str, merges: list[tuple[str, str]]) -> tuple[str, ...]:
    """The tokens of a word, after all these merges in this order."""
    tokens = tuple(word)
    for pair in reversed(merges):
        tokens = merge(tokens, pair)
    return tokens


# %% wrong="byte_pairs: stops at the first merge that does not occur"
def commonest_pair(words: dict[tuple[str, ...], int]) -> tuple[str, str]:
    """The commonest pair of neighbours in words, which says how often each word (a tuple of tokens) occurs."""
    pairs = collections.Counter()
    for word, count in words.items():
        for pair in itertools.pairwise(word):
            pairs[pair] += count
    return max(pairs, key=pairs.get)


def merge(word: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    """The tokens of the word, with each occurrence of the pair joined into one token."""
    joined, place = [], 0
    while place < len(word):
        size = 2 if tuple(word[place : place + 2]) == pair else 1
        joined.append("".join(word[place : place + size]))
        place += size
    return tuple(joined)


def encode(word: str, merges: list[tuple[str, str]]) -> tuple[str, ...]:
    """The tokens of a word, after all these merges in this order."""
    tokens = tuple(word)
    for pair in merges:
        if merge(tokens, pair) == tokens:
            break
        tokens = merge(tokens, pair)
    return tokens


# %% [markdown] explains="byte_pairs"
# A pair of neighbours in a word that occurs 10 times occurs ten times, so its count is added and not a 1. `max` with `key=pairs.get` goes through the
# pairs and compares their counts.
#
# In `merge` the index jumps over what was joined. That is why three o's become `("oo", "o")`: after the first two are used up, a single one is left. Two tokens are
# compared with the pair as a tuple. Glued together, `("a", "bc")` and `("ab", "c")` would look the same.
#
# `encode` repeats what happened while learning, in the same order. A later pair may consist of tokens which only an earlier merge makes.


# %% right="tokenizer: tensors filled row by row"
def tokenize(texts, ids, pad):
    rows = [text.split() for text in texts]
    input_ids = torch.full((len(rows), max(map(len, rows))), pad)
    attention_mask = torch.zeros_like(input_ids)
    for number, row in enumerate(rows):
        input_ids[number, : len(row)] = torch.tensor([ids[token] for token in row])
        attention_mask[number, : len(row)] = 1
    return {"input_ids": input_ids, "attention_mask": attention_mask}


def decode(batch, tokens):
    return [
        " ".join(tokens[int(token)] for token, seen in zip(row, mask) if seen)
        for row, mask in zip(batch["input_ids"], batch["attention_mask"])
    ]


# %% right="tokenizer: torch's own padding"
def tokenize(texts, ids, pad):
    rows = [torch.tensor([ids[token] for token in text.split(" ")]) for text in texts]
    put = torch.nn.utils.rnn.pad_sequence
    mask = put([torch.ones_like(row) for row in rows], batch_first=True)
    return {"attention_mask": mask, "input_ids": put(rows, batch_first=True, padding_value=pad)}


def decode(batch, tokens):
    ids, mask = batch["input_ids"].tolist(), batch["attention_mask"].tolist()
    return [" ".join([tokens[i] for i, m in zip(row, seen) if m == 1]) for row, seen in zip(ids, mask)]


# %% wrong="tokenizer: the mask from the pad's id"
def tokenize(texts: list[str], ids: dict[str, int], pad: int) -> dict[str, torch.Tensor]:
    """The ids of the tokens of each text, and the mask that is 1 where they are real: (texts, longest) both."""
    rows = [[ids[token] for token in text.split()] for text in texts]
    longest = max(len(row) for row in rows)
    padded = [row + [pad] * (longest - len(row)) for row in rows]
    real = [[1] * len(row) + [0] * (longest - len(row)) for row in rows]
    return {"input_ids": torch.tensor(padded), "attention_mask": (torch.tensor(padded) != pad).long()}


def decode(batch: dict[str, torch.Tensor], tokens: list[str]) -> list[str]:
    """The texts of a batch, without the padding."""
    texts = []
    for row, mask in zip(batch["input_ids"], batch["attention_mask"], strict=True):
        real = row[mask.bool()]
        texts.append(" ".join(tokens[token] for token in real.tolist()))
    return texts


# %% wrong="tokenizer: ones where padding is"
def tokenize(texts: list[str], ids: dict[str, int], pad: int) -> dict[str, torch.Tensor]:
    """The ids of the tokens of each text, and the mask that is 1 where they are real: (texts, longest) both."""
    rows = [[ids[token] for token in text.split()] for text in texts]
    longest = max(len(row) for row in rows)
    padded = [row + [pad] * (longest - len(row)) for row in rows]
    real = [[0] * len(row) + [1] * (longest - len(row)) for row in rows]
    return {"input_ids": torch.tensor(padded), "attention_mask": torch.tensor(real)}


def decode(batch: dict[str, torch.Tensor], tokens: list[str]) -> list[str]:
    """The texts of a batch, without the padding."""
    texts = []
    for row, mask in zip(batch["input_ids"], batch["attention_mask"], strict=True):
        real = row[mask.bool()]
        texts.append(" ".join(tokens[token] for token in real.tolist()))
    return texts


# %% wrong="tokenizer: padding in front"
def tokenize(texts: list[str], ids: dict[str, int], pad: int) -> dict[str, torch.Tensor]:
    """The ids of the tokens of each text, and the mask that is 1 where they are real: (texts, longest) both."""
    rows = [[ids[token] for token in text.split()] for text in texts]
    longest = max(len(row) for row in rows)
    padded = [[pad] * (longest - len(row)) + row for row in rows]
    real = [[1] * len(row) + [0] * (longest - len(row)) for row in rows]
    return {"input_ids": torch.tensor(padded), "attention_mask": torch.tensor(real)}


def decode(batch: dict[str, torch.Tensor], tokens: list[str]) -> list[str]:
    """The texts of a batch, without the padding."""
    texts = []
    for row, mask in zip(batch["input_ids"], batch["attention_mask"], strict=True):
        real = row[mask.bool()]
        texts.append(" ".join(tokens[token] for token in real.tolist()))
    return texts


# %% wrong="tokenizer: pads with zeros"
def tokenize(texts: list[str], ids: dict[str, int], pad: int) -> dict[str, torch.Tensor]:
    """The ids of the tokens of each text, and the mask that is 1 where they are real: (texts, longest) both."""
    rows = [[ids[token] for token in text.split()] for text in texts]
    longest = max(len(row) for row in rows)
    padded = [row + [0] * (longest - len(row)) for row in rows]
    real = [[1] * len(row) + [0] * (longest - len(row)) for row in rows]
    return {"input_ids": torch.tensor(padded), "attention_mask": torch.tensor(real)}


def decode(batch: dict[str, torch.Tensor], tokens: list[str]) -> list[str]:
    """The texts of a batch, without the padding."""
    texts = []
    for row, mask in zip(batch["input_ids"], batch["attention_mask"], strict=True):
        real = row[mask.bool()]
        texts.append(" ".join(tokens[token] for token in real.tolist()))
    return texts


# %% wrong="tokenizer: decodes the padding as well"
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
        real = row[mask >= 0]
        texts.append(" ".join(tokens[token] for token in real.tolist()))
    return texts


# %% wrong="tokenizer: decodes the first ones, as many as are real"
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
        real = row[: mask.sum()]
        texts.append(" ".join(tokens[token] for token in real.tolist()))
    return texts


# %% wrong="tokenizer: decodes by the mask as an index"
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
        real = row[mask]
        texts.append(" ".join(tokens[token] for token in real.tolist()))
    return texts


# %% wrong="tokenizer: other keys"
def tokenize(texts: list[str], ids: dict[str, int], pad: int) -> dict[str, torch.Tensor]:
    """The ids of the tokens of each text, and the mask that is 1 where they are real: (texts, longest) both."""
    rows = [[ids[token] for token in text.split()] for text in texts]
    longest = max(len(row) for row in rows)
    padded = [row + [pad] * (longest - len(row)) for row in rows]
    real = [[1] * len(row) + [0] * (longest - len(row)) for row in rows]
    return {"ids": torch.tensor(padded), "attention_mask": torch.tensor(real)}


def decode(batch: dict[str, torch.Tensor], tokens: list[str]) -> list[str]:
    """The texts of a batch, without the padding."""
    texts = []
    for row, mask in zip(batch["input_ids"], batch["attention_mask"], strict=True):
        real = row[mask.bool()]
        texts.append(" ".join(tokens[token] for token in real.tolist()))
    return texts


# %% [markdown] explains="tokenizer"
# Both tables have the same shape. The mask is made from the lengths and not from the ids, so a token that happens to have the pad's id stays real. `row[mask.bool()]` keeps
# what is real wherever it stands. `row[mask]` without `.bool()` would be something else: 0 and 1 would be read as places.


# %% right="embedding: by eye, a loop of sums"
def by_one_hot(ids, table):
    return torch.eye(len(table), dtype=table.dtype)[ids] @ table


def output_shape(shape, tokens, d_model):
    return tuple(shape) + (d_model,)


def table_slope(ids, grad, tokens):
    sums = torch.zeros(tokens, grad.shape[-1], dtype=grad.dtype)
    for place in range(ids.numel()):
        sums[ids.reshape(-1)[place]] += grad.reshape(ids.numel(), -1)[place]
    return sums + 0


# %% right="embedding: the transposed one-hot matrix"
def by_one_hot(ids, table):
    hot = (ids[..., None] == torch.arange(table.shape[0])).to(table.dtype)
    return torch.einsum("...t,td->...d", hot, table)


def output_shape(shape, tokens, d_model):
    return [*shape, d_model]


def table_slope(ids, grad, tokens):
    hot = F.one_hot(ids.flatten(), tokens).to(grad.dtype)
    return hot.T @ grad.reshape(ids.numel(), grad.shape[-1])


# %% wrong="embedding: slopes are overwritten"
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
    summed[ids.flatten()] = grad.reshape(-1, grad.shape[-1])
    return summed


# %% wrong="embedding: adds by indexing, repetitions once"
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
    summed[ids.flatten()] += grad.reshape(-1, grad.shape[-1])
    return summed


# %% wrong="embedding: as many classes as occur"
def by_one_hot(ids: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
    """The embeddings of the ids, as a matrix product: table is (tokens, d_model)."""
    hot = F.one_hot(ids).to(table.dtype)
    return hot @ table[: hot.shape[-1]].flip(0)


def output_shape(shape: tuple[int, ...], tokens: int, d_model: int) -> tuple[int, ...]:
    """The shape of nn.Embedding(tokens, d_model)(ids), where ids has this shape."""
    return (*shape, d_model)


def table_slope(ids: torch.Tensor, grad: torch.Tensor, tokens: int) -> torch.Tensor:
    """The slope of the table, where grad is the slope of the embeddings: (*ids.shape, d_model)."""
    summed = torch.zeros(tokens, grad.shape[-1], dtype=grad.dtype)
    summed.index_add_(0, ids.flatten(), grad.reshape(-1, grad.shape[-1]))
    return summed


# %% wrong="embedding: the shape of the table"
def by_one_hot(ids: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
    """The embeddings of the ids, as a matrix product: table is (tokens, d_model)."""
    hot = F.one_hot(ids, len(table)).to(table.dtype)
    return hot @ table


def output_shape(shape: tuple[int, ...], tokens: int, d_model: int) -> tuple[int, ...]:
    """The shape of nn.Embedding(tokens, d_model)(ids), where ids has this shape."""
    return (tokens, d_model)


def table_slope(ids: torch.Tensor, grad: torch.Tensor, tokens: int) -> torch.Tensor:
    """The slope of the table, where grad is the slope of the embeddings: (*ids.shape, d_model)."""
    summed = torch.zeros(tokens, grad.shape[-1], dtype=grad.dtype)
    summed.index_add_(0, ids.flatten(), grad.reshape(-1, grad.shape[-1]))
    return summed


# %% wrong="embedding: the axis in front"
def by_one_hot(ids: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
    """The embeddings of the ids, as a matrix product: table is (tokens, d_model)."""
    hot = F.one_hot(ids, len(table)).to(table.dtype)
    return hot @ table


def output_shape(shape: tuple[int, ...], tokens: int, d_model: int) -> tuple[int, ...]:
    """The shape of nn.Embedding(tokens, d_model)(ids), where ids has this shape."""
    return (d_model, *shape)


def table_slope(ids: torch.Tensor, grad: torch.Tensor, tokens: int) -> torch.Tensor:
    """The slope of the table, where grad is the slope of the embeddings: (*ids.shape, d_model)."""
    summed = torch.zeros(tokens, grad.shape[-1], dtype=grad.dtype)
    summed.index_add_(0, ids.flatten(), grad.reshape(-1, grad.shape[-1]))
    return summed


# %% wrong="embedding: flat shapes"
def by_one_hot(ids: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
    """The embeddings of the ids, as a matrix product: table is (tokens, d_model)."""
    hot = F.one_hot(ids, len(table)).to(table.dtype)
    return hot @ table


def output_shape(shape: tuple[int, ...], tokens: int, d_model: int) -> tuple[int, ...]:
    """The shape of nn.Embedding(tokens, d_model)(ids), where ids has this shape."""
    return (math.prod(shape), d_model)


def table_slope(ids: torch.Tensor, grad: torch.Tensor, tokens: int) -> torch.Tensor:
    """The slope of the table, where grad is the slope of the embeddings: (*ids.shape, d_model)."""
    summed = torch.zeros(tokens, grad.shape[-1], dtype=grad.dtype)
    summed.index_add_(0, ids.flatten(), grad.reshape(-1, grad.shape[-1]))
    return summed


# %% wrong="embedding: the table is detached"
def by_one_hot(ids: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
    """The embeddings of the ids, as a matrix product: table is (tokens, d_model)."""
    hot = F.one_hot(ids, len(table)).to(table.dtype)
    return hot @ table.detach()


def output_shape(shape: tuple[int, ...], tokens: int, d_model: int) -> tuple[int, ...]:
    """The shape of nn.Embedding(tokens, d_model)(ids), where ids has this shape."""
    return (*shape, d_model)


def table_slope(ids: torch.Tensor, grad: torch.Tensor, tokens: int) -> torch.Tensor:
    """The slope of the table, where grad is the slope of the embeddings: (*ids.shape, d_model)."""
    summed = torch.zeros(tokens, grad.shape[-1], dtype=grad.dtype)
    summed.index_add_(0, ids.flatten(), grad.reshape(-1, grad.shape[-1]))
    return summed


# %% wrong="embedding: the mean of repeated slopes"
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
    summed.index_add_(0, ids.flatten(), grad.reshape(-1, grad.shape[-1]))
    return summed / torch.bincount(ids.flatten(), minlength=tokens).clamp(min=1)[:, None]


# %% [markdown] explains="embedding"
# A row of `hot` has a 1 at the id, and the product of such a row with the table is the row of the table at that place. All axes of the ids stay, and one comes behind them.
#
# On the way back, `hot.T @ grad` would be right and wasteful. `index_add_` adds each slope to the row from which the vector was taken, *also when a row is
# named several times*. `slope[ids] += grad` reads, adds and writes once for each row, so that of several slopes for one row only the last survives.


# %% right="skip_gram: all places with all places, softplus"
def pairs(ids, window):
    n = len(ids)
    return [(ids[i], ids[j]) for j in range(n) for i in range(n) if 0 < abs(i - j) <= window]


def skip_gram_loss(centers, neighbours, strangers):
    real = torch.einsum("nd,nd->n", centers, neighbours)
    drawn = (strangers @ centers[:, :, None])[:, :, 0]
    return (F.softplus(-real) + F.softplus(drawn).sum(1)).mean()


# %% right="skip_gram: by distances, cross-entropy with logits"
def pairs(ids, window):
    both = []
    for step in range(1, window + 1):
        for a, b in zip(ids, ids[step:]):
            both.append((a, b))
            both.append((b, a))
    return both


def skip_gram_loss(centers, neighbours, strangers):
    every = torch.cat([neighbours[:, None], strangers], dim=1)
    scores = (centers[:, None] * every).sum(2)
    truth = torch.zeros_like(scores)
    truth[:, 0] = 1
    return F.binary_cross_entropy_with_logits(scores, truth, reduction="sum") / len(centers)


# %% wrong="skip_gram: only neighbours behind"
def pairs(ids: list[int], window: int) -> list[tuple[int, int]]:
    """All pairs of a token and a neighbour of it that is at most window places away."""
    found = []
    for place, center in enumerate(ids):
        near = ids[place + 1 : place + 1 + window]
        found += [(center, neighbour) for neighbour in near]
    return found


def skip_gram_loss(centers: torch.Tensor, neighbours: torch.Tensor, strangers: torch.Tensor) -> torch.Tensor:
    """The mean loss of vectors (n, d) with those of real neighbours (n, d) and of strangers (n, k, d)."""
    real = F.logsigmoid((centers * neighbours).sum(dim=-1))
    drawn = F.logsigmoid(-torch.einsum("nd,nkd->nk", centers, strangers)).sum(dim=-1)
    return -(real + drawn).mean()


# %% wrong="skip_gram: a slice that begins below zero"
def pairs(ids: list[int], window: int) -> list[tuple[int, int]]:
    """All pairs of a token and a neighbour of it that is at most window places away."""
    found = []
    for place, center in enumerate(ids):
        near = ids[place - window : place] + ids[place + 1 : place + 1 + window]
        found += [(center, neighbour) for neighbour in near]
    return found


def skip_gram_loss(centers: torch.Tensor, neighbours: torch.Tensor, strangers: torch.Tensor) -> torch.Tensor:
    """The mean loss of vectors (n, d) with those of real neighbours (n, d) and of strangers (n, k, d)."""
    real = F.logsigmoid((centers * neighbours).sum(dim=-1))
    drawn = F.logsigmoid(-torch.einsum("nd,nkd->nk", centers, strangers)).sum(dim=-1)
    return -(real + drawn).mean()


# %% wrong="skip_gram: a word is its own neighbour"
def pairs(ids: list[int], window: int) -> list[tuple[int, int]]:
    """All pairs of a token and a neighbour of it that is at most window places away."""
    found = []
    for place, center in enumerate(ids):
        near = ids[max(0, place - window) : place] + ids[place : place + 1 + window]
        found += [(center, neighbour) for neighbour in near]
    return found


def skip_gram_loss(centers: torch.Tensor, neighbours: torch.Tensor, strangers: torch.Tensor) -> torch.Tensor:
    """The mean loss of vectors (n, d) with those of real neighbours (n, d) and of strangers (n, k, d)."""
    real = F.logsigmoid((centers * neighbours).sum(dim=-1))
    drawn = F.logsigmoid(-torch.einsum("nd,nkd->nk", centers, strangers)).sum(dim=-1)
    return -(real + drawn).mean()


# %% wrong="skip_gram: one place short"
def pairs(ids: list[int], window: int) -> list[tuple[int, int]]:
    """All pairs of a token and a neighbour of it that is at most window places away."""
    found = []
    for place, center in enumerate(ids):
        near = ids[max(0, place - window) : place] + ids[place + 1 : place + window]
        found += [(center, neighbour) for neighbour in near]
    return found


def skip_gram_loss(centers: torch.Tensor, neighbours: torch.Tensor, strangers: torch.Tensor) -> torch.Tensor:
    """The mean loss of vectors (n, d) with those of real neighbours (n, d) and of strangers (n, k, d)."""
    real = F.logsigmoid((centers * neighbours).sum(dim=-1))
    drawn = F.logsigmoid(-torch.einsum("nd,nkd->nk", centers, strangers)).sum(dim=-1)
    return -(real + drawn).mean()


# %% wrong="skip_gram: each pair once"
def pairs(ids: list[int], window: int) -> list[tuple[int, int]]:
    """All pairs of a token and a neighbour of it that is at most window places away."""
    found = []
    for place, center in enumerate(ids):
        near = ids[max(0, place - window) : place] + ids[place + 1 : place + 1 + window]
        found += [(center, neighbour) for neighbour in near]
    return list(set(found))


def skip_gram_loss(centers: torch.Tensor, neighbours: torch.Tensor, strangers: torch.Tensor) -> torch.Tensor:
    """The mean loss of vectors (n, d) with those of real neighbours (n, d) and of strangers (n, k, d)."""
    real = F.logsigmoid((centers * neighbours).sum(dim=-1))
    drawn = F.logsigmoid(-torch.einsum("nd,nkd->nk", centers, strangers)).sum(dim=-1)
    return -(real + drawn).mean()


# %% wrong="skip_gram: no pairs of the same word"
def pairs(ids: list[int], window: int) -> list[tuple[int, int]]:
    """All pairs of a token and a neighbour of it that is at most window places away."""
    found = []
    for place, center in enumerate(ids):
        near = ids[max(0, place - window) : place] + ids[place + 1 : place + 1 + window]
        found += [(center, neighbour) for neighbour in near if neighbour != center]
    return found


def skip_gram_loss(centers: torch.Tensor, neighbours: torch.Tensor, strangers: torch.Tensor) -> torch.Tensor:
    """The mean loss of vectors (n, d) with those of real neighbours (n, d) and of strangers (n, k, d)."""
    real = F.logsigmoid((centers * neighbours).sum(dim=-1))
    drawn = F.logsigmoid(-torch.einsum("nd,nkd->nk", centers, strangers)).sum(dim=-1)
    return -(real + drawn).mean()


# %% wrong="skip_gram: strangers are pulled as well"
def pairs(ids: list[int], window: int) -> list[tuple[int, int]]:
    """All pairs of a token and a neighbour of it that is at most window places away."""
    found = []
    for place, center in enumerate(ids):
        near = ids[max(0, place - window) : place] + ids[place + 1 : place + 1 + window]
        found += [(center, neighbour) for neighbour in near]
    return found


def skip_gram_loss(centers: torch.Tensor, neighbours: torch.Tensor, strangers: torch.Tensor) -> torch.Tensor:
    """The mean loss of vectors (n, d) with those of real neighbours (n, d) and of strangers (n, k, d)."""
    real = F.logsigmoid((centers * neighbours).sum(dim=-1))
    drawn = F.logsigmoid(torch.einsum("nd,nkd->nk", centers, strangers)).sum(dim=-1)
    return -(real + drawn).mean()


# %% wrong="skip_gram: the mean over strangers"
def pairs(ids: list[int], window: int) -> list[tuple[int, int]]:
    """All pairs of a token and a neighbour of it that is at most window places away."""
    found = []
    for place, center in enumerate(ids):
        near = ids[max(0, place - window) : place] + ids[place + 1 : place + 1 + window]
        found += [(center, neighbour) for neighbour in near]
    return found


def skip_gram_loss(centers: torch.Tensor, neighbours: torch.Tensor, strangers: torch.Tensor) -> torch.Tensor:
    """The mean loss of vectors (n, d) with those of real neighbours (n, d) and of strangers (n, k, d)."""
    real = F.logsigmoid((centers * neighbours).sum(dim=-1))
    drawn = F.logsigmoid(-torch.einsum("nd,nkd->nk", centers, strangers)).mean(dim=-1)
    return -(real + drawn).mean()


# %% wrong="skip_gram: the sum over rows"
def pairs(ids: list[int], window: int) -> list[tuple[int, int]]:
    """All pairs of a token and a neighbour of it that is at most window places away."""
    found = []
    for place, center in enumerate(ids):
        near = ids[max(0, place - window) : place] + ids[place + 1 : place + 1 + window]
        found += [(center, neighbour) for neighbour in near]
    return found


def skip_gram_loss(centers: torch.Tensor, neighbours: torch.Tensor, strangers: torch.Tensor) -> torch.Tensor:
    """The mean loss of vectors (n, d) with those of real neighbours (n, d) and of strangers (n, k, d)."""
    real = F.logsigmoid((centers * neighbours).sum(dim=-1))
    drawn = F.logsigmoid(-torch.einsum("nd,nkd->nk", centers, strangers)).sum(dim=-1)
    return -(real + drawn).sum()


# %% wrong="skip_gram: a sigmoid, then a logarithm"
def pairs(ids: list[int], window: int) -> list[tuple[int, int]]:
    """All pairs of a token and a neighbour of it that is at most window places away."""
    found = []
    for place, center in enumerate(ids):
        near = ids[max(0, place - window) : place] + ids[place + 1 : place + 1 + window]
        found += [(center, neighbour) for neighbour in near]
    return found


def skip_gram_loss(centers: torch.Tensor, neighbours: torch.Tensor, strangers: torch.Tensor) -> torch.Tensor:
    """The mean loss of vectors (n, d) with those of real neighbours (n, d) and of strangers (n, k, d)."""
    real = torch.sigmoid((centers * neighbours).sum(dim=-1)).log()
    drawn = F.logsigmoid(-torch.einsum("nd,nkd->nk", centers, strangers)).sum(dim=-1)
    return -(real + drawn).mean()


# %% equivalent="skip_gram: who is near is a neighbour in both directions, and pairs have no order"
# - found += [(center, neighbour) for neighbour in near]
# + found += [(neighbour, center) for neighbour in near]


# %% equivalent="skip_gram: the larger of two numbers does not depend on their order"
# - near = ids[max(0, place - window):place] + ids[place + 1:place + 1 + window]
# + near = ids[max(place - window, 0):place] + ids[place + 1:place + 1 + window]


# %% [markdown] explains="skip_gram"
# Two slices around the place leave the word itself out. The first must not begin below 0: a negative number counts from the end. Comparing *words* instead of places to
# leave out the one in the middle would lose pairs of a word with its own repetition.
#
# Each of the 1 + k questions is a logistic regression: is this pair real? For a stranger the right answer is no, and $1 - \sigma(z) = \sigma(-z)$, hence the minus inside. `F.logsigmoid` stays
# finite where `sigmoid` has already become 0.


# %% equivalent="embedding: what is promised of gradients is about the table of by_one_hot"
# spoiler: table_slope detaches
# spoiler: table_slope halves gradients


# %% equivalent="embedding: the shape does not depend on how many tokens there are"
# spoiler: tokens of output_shape is always 50257, as in the public test


# %% equivalent="embedding: only float32 is asked for"
# - summed = torch.zeros(tokens, grad.shape[-1], dtype=grad.dtype)
# + summed = torch.zeros(tokens, grad.shape[-1])
