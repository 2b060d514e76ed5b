# Answers by a panel that read only the released notebook: what `course audit` grades and counts apart. No student sees them.

# %% right="byte_pairs: a Counter with update from repeated elements, merge by a stack, encode by reduce"
def commonest_pair(words):
    tally = collections.Counter()
    for word, times in words.items():
        for both in zip(word[:-1], word[1:]):
            tally[both] += times
    return tally.most_common(1)[0][0]


def merge(word, pair):
    first, second = pair
    stack = []
    for token in word:
        if stack and stack[-1] == first and token == second:
            stack[-1] = first + second
        else:
            stack.append(token)
    return tuple(stack)


def encode(word, merges):
    import functools

    return functools.reduce(merge, merges, tuple(word))


# %% right="byte_pairs: plain dict with get and max by key, merge as a generator over an iterator with one token held back"
def commonest_pair(words):
    totals = {}
    for word in words:
        for place in range(1, len(word)):
            key = (word[place - 1], word[place])
            totals[key] = totals.get(key, 0) + words[word]
    return max(totals, key=totals.get)


def _glue(word, pair):
    held = None
    for token in word:
        if held is None:
            held = token
        elif (held, token) == tuple(pair):
            yield held + token
            held = None
        else:
            yield held
            held = token
    if held is not None:
        yield held


def merge(word, pair):
    return tuple(_glue(word, pair))


def encode(word, merges):
    pieces_of_it = tuple(word)
    for pair in merges:
        if len(pieces_of_it) == 1:
            return pieces_of_it
        pieces_of_it = merge(pieces_of_it, pair)
    return pieces_of_it


# %% right="byte_pairs: merges in place on an own list with pop, counts sorted by hand"
def commonest_pair(words: dict[tuple[str, ...], int]) -> tuple[str, str]:
    found = [(pair, count) for word, count in words.items() for pair in itertools.pairwise(word)]
    found.sort(key=lambda item: item[0])
    sums = [
        (sum(count for _, count in group), pair) for pair, group in itertools.groupby(found, key=lambda item: item[0])
    ]
    return max(sums)[1]


def merge(word: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    own = list(word)
    place = 0
    while place + 1 < len(own):
        if own[place] == pair[0] and own[place + 1] == pair[1]:
            own[place] += own.pop(place + 1)
        place += 1
    return tuple(own)


def encode(word: str, merges: list[tuple[str, str]]) -> tuple[str, ...]:
    tokens_of_word = (*word,)
    for left, right in merges:
        tokens_of_word = merge(tokens_of_word, (left, right))
    return tokens_of_word


# %% wrong="byte_pairs: each word counts once; breaks: a word that occurs 10 times counts ten times, seen with a rare pair in several words against one frequent word"
def commonest_pair(words):
    tally = collections.Counter()
    for word in words:
        tally.update(itertools.pairwise(word))
    return tally.most_common(1)[0][0]


def merge(word, pair):
    out, place = [], 0
    while place < len(word):
        if word[place : place + 2] == tuple(pair):
            out.append(pair[0] + pair[1])
            place += 2
        else:
            out.append(word[place])
            place += 1
    return tuple(out)


def encode(word, merges):
    row = tuple(word)
    for pair in merges:
        row = merge(row, pair)
    return row


# %% wrong="byte_pairs: a pair counts once in each word, by a set; breaks: in three o's the pair of two o's occurs twice, seen with {ooo: 2, ab: 3}"
def commonest_pair(words):
    tally = collections.Counter()
    for word, times in words.items():
        for pair in set(itertools.pairwise(word)):
            tally[pair] += times
    return tally.most_common(1)[0][0]


def merge(word, pair):
    out, place = [], 0
    while place < len(word):
        if word[place : place + 2] == tuple(pair):
            out.append(pair[0] + pair[1])
            place += 2
        else:
            out.append(word[place])
            place += 1
    return tuple(out)


def encode(word, merges):
    row = tuple(word)
    for pair in merges:
        row = merge(row, pair)
    return row


# %% wrong="byte_pairs: merge by string replace on tokens glued with line breaks; breaks: each occurrence of the pair, seen with (ab, c) and the pair (b, c), which is joined although ab is not b"
def commonest_pair(words):
    tally = collections.Counter()
    for word, times in words.items():
        for pair in itertools.pairwise(word):
            tally[pair] += times
    return tally.most_common(1)[0][0]


def merge(word, pair):
    text = "\n".join(word)
    text = text.replace("\n".join(pair), "".join(pair))
    return tuple(text.split("\n"))


def encode(word, merges):
    row = tuple(word)
    for pair in merges:
        row = merge(row, pair)
    return row


# %% wrong="byte_pairs: merge joins only the first occurrence; breaks: each occurrence of the pair joined into one token, seen with abcab and the pair a b"
def commonest_pair(words):
    tally = collections.Counter()
    for word, times in words.items():
        for pair in itertools.pairwise(word):
            tally[pair] += times
    return max(tally, key=tally.get)


def merge(word, pair):
    for place in range(len(word) - 1):
        if word[place] == pair[0] and word[place + 1] == pair[1]:
            return word[:place] + (pair[0] + pair[1],) + word[place + 2 :]
    return word


def encode(word, merges):
    row = tuple(word)
    for pair in merges:
        row = merge(row, pair)
    return row


# %% wrong="byte_pairs: encode stops at the first merge that does nothing; breaks: merges one pair after the other, seen with abc and merges (x, y), (a, b)"
def commonest_pair(words):
    tally = collections.Counter()
    for word, times in words.items():
        for pair in itertools.pairwise(word):
            tally[pair] += times
    return max(tally, key=tally.get)


def merge(word, pair):
    out, place = [], 0
    while place < len(word):
        if place + 1 < len(word) and (word[place], word[place + 1]) == tuple(pair):
            out.append(pair[0] + pair[1])
            place += 2
        else:
            out.append(word[place])
            place += 1
    return tuple(out)


def encode(word, merges):
    row = tuple(word)
    for pair in merges:
        longer = merge(row, pair)
        if longer == row:
            break
        row = longer
    return row


# %% wrong="byte_pairs: encode goes through the merges again and again from the last learnt; breaks: in the order in which they were learnt, seen with abc and merges (a, b), (b, c)"
def commonest_pair(words):
    tally = collections.Counter()
    for word, times in words.items():
        for pair in itertools.pairwise(word):
            tally[pair] += times
    return max(tally, key=tally.get)


def merge(word, pair):
    out, place = [], 0
    while place < len(word):
        if place + 1 < len(word) and (word[place], word[place + 1]) == tuple(pair):
            out.append(pair[0] + pair[1])
            place += 2
        else:
            out.append(word[place])
            place += 1
    return tuple(out)


def encode(word, merges):
    row, before = tuple(word), None
    while row != before:
        before = row
        for pair in reversed(merges):
            row = merge(row, pair)
    return row


# %% wrong="byte_pairs: counts pairs without overlap, as if they were used up; breaks: in three o's the pair of two o's occurs twice, seen with {ooo: 2, ab: 3}"
def commonest_pair(words):
    tally = collections.Counter()
    for word, times in words.items():
        place = 0
        while place < len(word) - 1:
            pair = (word[place], word[place + 1])
            tally[pair] += times
            place += 2 if pair[0] == pair[1] else 1
    return max(tally, key=tally.get)


def merge(word, pair):
    out, place = [], 0
    while place < len(word):
        if place + 1 < len(word) and (word[place], word[place + 1]) == tuple(pair):
            out.append(pair[0] + pair[1])
            place += 2
        else:
            out.append(word[place])
            place += 1
    return tuple(out)


def encode(word, merges):
    row = tuple(word)
    for pair in merges:
        row = merge(row, pair)
    return row


# %% right="tokenizer: plain lists, the mask as a boolean index"
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
        real = row[mask.bool()]
        texts.append(" ".join(tokens[token] for token in real.tolist()))
    return texts


# %% right="tokenizer: pad_sequence of the library and masks from ones of each length"
def tokenize(texts: list[str], ids: dict[str, int], pad: int) -> dict[str, torch.Tensor]:
    """The ids of the tokens of each text, and the mask that is 1 where they are real: (texts, longest) both."""
    rows = [torch.tensor([ids[token] for token in text.split()], dtype=torch.long) for text in texts]
    fill = nn.utils.rnn.pad_sequence
    return {
        "input_ids": fill(rows, batch_first=True, padding_value=pad),
        "attention_mask": fill([torch.ones_like(row) for row in rows], batch_first=True, padding_value=0),
    }


def decode(batch: dict[str, torch.Tensor], tokens: list[str]) -> list[str]:
    """The texts of a batch, without the padding."""
    return [
        " ".join(tokens[token] for token, is_real in zip(row.tolist(), mask.tolist(), strict=True) if is_real)
        for row, mask in zip(batch["input_ids"], batch["attention_mask"], strict=True)
    ]


# %% wrong="tokenizer: pads up to the length of the first text; breaks: short ones are filled up to the longest, seen where the second text is the longer one"
def tokenize(texts: list[str], ids: dict[str, int], pad: int) -> dict[str, torch.Tensor]:
    """The ids of the tokens of each text, and the mask that is 1 where they are real: (texts, longest) both."""
    rows = [[ids[token] for token in text.split()] for text in texts]
    longest = max(len(row) for row in rows)
    padded = [row + [pad] * (len(rows[0]) - len(row)) for row in rows]
    real = [[1] * len(row) + [0] * (longest - len(row)) for row in rows]
    return {"input_ids": torch.tensor(padded), "attention_mask": torch.tensor(real)}


def decode(batch: dict[str, torch.Tensor], tokens: list[str]) -> list[str]:
    """The texts of a batch, without the padding."""
    texts = []
    for row, mask in zip(batch["input_ids"], batch["attention_mask"], strict=True):
        real = row[mask == 1]
        texts.append(" ".join(tokens[token] for token in real.tolist()))
    return texts


# %% wrong="tokenizer: decode keeps the padding; breaks: the texts of a batch without the padding, seen with a mask that has zeros"
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
        real = row[: len(mask)]
        texts.append(" ".join(tokens[token] for token in real.tolist()))
    return texts


# %% wrong="tokenizer: the mask looks for the pad id; breaks: a text may contain that token, seen where a real token has the id pad"
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
        real = row[mask > 0]
        texts.append(" ".join(tokens[token] for token in real.tolist()))
    return texts


# %% wrong="tokenizer: decode takes the mask of whole numbers as places; breaks: the texts of a batch, seen with any text, whose tokens 1 and 0 are repeated"
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


# %% wrong="tokenizer: decode uses the mask of the first text for all; breaks: the texts without the padding, seen with two texts of different lengths"
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
        real = row[batch["attention_mask"][0] == 1]
        texts.append(" ".join(tokens[token] for token in real.tolist()))
    return texts


# %% wrong="tokenizer: decode drops every token that is equal to the pad at the end of its row; breaks: the mask says which places are real since a text may contain the pad, seen with a short text with a real token of the id pad"
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
        real = row if mask.all() else row[row != row[-1]]
        texts.append(" ".join(tokens[token] for token in real.tolist()))
    return texts


# %% right="embedding: einsum for the product, index_add_ of the flattened ids"
def by_one_hot(ids: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
    """The embeddings of the ids, as a matrix product: table is (tokens, d_model)."""
    hot = F.one_hot(ids, table.shape[0]).to(table.dtype)
    return torch.einsum("...t,td->...d", hot, table)


def output_shape(shape: tuple[int, ...], tokens: int, d_model: int) -> tuple[int, ...]:
    """The shape of nn.Embedding(tokens, d_model)(ids), where ids has this shape."""
    return (*shape, d_model)


def table_slope(ids: torch.Tensor, grad: torch.Tensor, tokens: int) -> torch.Tensor:
    """The slope of the table, where grad is the slope of the embeddings: (*ids.shape, d_model)."""
    summed = torch.zeros(tokens, grad.shape[-1], dtype=grad.dtype)
    summed.index_add_(0, ids.flatten(), grad.reshape(-1, grad.shape[-1]))
    return summed


# %% right="embedding: F.linear with the turned table, scatter_add_ with widened places"
def by_one_hot(ids: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
    """The embeddings of the ids, as a matrix product: table is (tokens, d_model)."""
    hot = F.one_hot(ids, num_classes=len(table)).to(table.dtype)
    return F.linear(hot, table.T)


def output_shape(shape: tuple[int, ...], tokens: int, d_model: int) -> tuple[int, ...]:
    """The shape of nn.Embedding(tokens, d_model)(ids), where ids has this shape."""
    return tuple(shape) + (d_model,)


def table_slope(ids: torch.Tensor, grad: torch.Tensor, tokens: int) -> torch.Tensor:
    """The slope of the table, where grad is the slope of the embeddings: (*ids.shape, d_model)."""
    summed = torch.zeros((tokens, grad.size(-1)), dtype=grad.dtype)
    summed.scatter_add_(0, ids.reshape(-1, 1).expand(-1, grad.shape[-1]), grad.reshape(-1, grad.shape[-1]))
    return summed


# %% right="embedding: the slope as the product of the turned one-hot rows with the slopes, the shape by a list"
def by_one_hot(ids: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
    """The embeddings of the ids, as a matrix product: table is (tokens, d_model)."""
    hot = F.one_hot(ids, table.size(0)).to(table.dtype)
    return torch.tensordot(hot, table, dims=1)


def output_shape(shape: tuple[int, ...], tokens: int, d_model: int) -> tuple[int, ...]:
    """The shape of nn.Embedding(tokens, d_model)(ids), where ids has this shape."""
    sizes = list(shape)
    sizes.append(d_model)
    return tuple(sizes)


def table_slope(ids: torch.Tensor, grad: torch.Tensor, tokens: int) -> torch.Tensor:
    """The slope of the table, where grad is the slope of the embeddings: (*ids.shape, d_model)."""
    hot = F.one_hot(ids.reshape(-1), tokens).to(grad.dtype)
    return hot.T @ grad.reshape(-1, grad.shape[-1])


# %% wrong="embedding: index_copy_ keeps only the last slope; breaks: slopes from all the places where it was used, added up, seen with an id that occurs twice"
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
    summed.index_copy_(0, ids.reshape(-1), grad.reshape(-1, grad.shape[-1]))
    return summed


# %% wrong="embedding: output_shape expects two axes; breaks: ids has any shape, seen with (3,) and (2, 3, 4)"
def by_one_hot(ids: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
    """The embeddings of the ids, as a matrix product: table is (tokens, d_model)."""
    hot = F.one_hot(ids, len(table)).to(table.dtype)
    return hot @ table


def output_shape(shape: tuple[int, ...], tokens: int, d_model: int) -> tuple[int, ...]:
    """The shape of nn.Embedding(tokens, d_model)(ids), where ids has this shape."""
    return (*shape[:2], d_model)


def table_slope(ids: torch.Tensor, grad: torch.Tensor, tokens: int) -> torch.Tensor:
    """The slope of the table, where grad is the slope of the embeddings: (*ids.shape, d_model)."""
    summed = torch.zeros(tokens, grad.shape[-1], dtype=grad.dtype)
    summed.index_add_(0, ids.reshape(-1), grad.reshape(-1, grad.shape[-1]))
    return summed


# %% wrong="embedding: the slope has rows up to the largest id only; breaks: the slope of the table, seen where the last tokens do not occur"
def by_one_hot(ids: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
    """The embeddings of the ids, as a matrix product: table is (tokens, d_model)."""
    hot = F.one_hot(ids, len(table)).to(table.dtype)
    return hot @ table


def output_shape(shape: tuple[int, ...], tokens: int, d_model: int) -> tuple[int, ...]:
    """The shape of nn.Embedding(tokens, d_model)(ids), where ids has this shape."""
    return (*shape, d_model)


def table_slope(ids: torch.Tensor, grad: torch.Tensor, tokens: int) -> torch.Tensor:
    """The slope of the table, where grad is the slope of the embeddings: (*ids.shape, d_model)."""
    summed = torch.zeros(int(ids.max()) + 1, grad.shape[-1], dtype=grad.dtype)
    summed.index_add_(0, ids.reshape(-1), grad.reshape(-1, grad.shape[-1]))
    return summed


# %% wrong="embedding: one-hot only as wide as the largest id needs; breaks: the embeddings of the ids, seen with a table that has more rows than the largest id plus one"
def by_one_hot(ids: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
    """The embeddings of the ids, as a matrix product: table is (tokens, d_model)."""
    hot = F.one_hot(ids, -1).to(table.dtype)
    return hot @ table


def output_shape(shape: tuple[int, ...], tokens: int, d_model: int) -> tuple[int, ...]:
    """The shape of nn.Embedding(tokens, d_model)(ids), where ids has this shape."""
    return (*shape, d_model)


def table_slope(ids: torch.Tensor, grad: torch.Tensor, tokens: int) -> torch.Tensor:
    """The slope of the table, where grad is the slope of the embeddings: (*ids.shape, d_model)."""
    summed = torch.zeros(tokens, grad.shape[-1], dtype=grad.dtype)
    summed.index_add_(0, ids.reshape(-1), grad.reshape(-1, grad.shape[-1]))
    return summed


# %% wrong="embedding: the mean of the slopes instead of their sum; breaks: slopes from all the places added up, seen with an id that occurs twice in ids"
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
    summed.index_add_(0, ids.reshape(-1), grad.reshape(-1, grad.shape[-1]))
    return summed / torch.bincount(ids.reshape(-1), minlength=tokens).clamp(min=1)[:, None]


# %% wrong="embedding: table_slope takes the first axis of ids only as batch and adds the first place of each row; breaks: from all the places where it was used, seen with ids of two axes"
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
    while ids.dim() > 1:
        ids, grad = ids[:, 0], grad[:, 0]
    summed.index_add_(0, ids.reshape(-1), grad.reshape(-1, grad.shape[-1]))
    return summed


# %% right="skip_gram: pairs by shifts of the list, the loss by softplus"
def pairs(ids, window):
    found = []
    for distance in range(1, window + 1):
        for left, right in zip(ids, ids[distance:]):
            found += [(left, right), (right, left)]
    return found


def skip_gram_loss(centers, neighbours, strangers):
    real = (centers * neighbours).sum(dim=-1)
    false = torch.einsum("nd,nkd->nk", centers, strangers)
    return (F.softplus(-real) + F.softplus(false).sum(dim=-1)).mean()


# %% right="skip_gram: a generator with max and min borders, the loss row by row in a loop"
def _company(ids, window):
    for place, middle in enumerate(ids):
        for other in range(max(0, place - window), min(len(ids), place + window + 1)):
            if other == place:
                continue
            yield middle, ids[other]


def pairs(ids: list[int], window: int) -> list[tuple[int, int]]:
    return list(_company(ids, window))


def skip_gram_loss(centers: torch.Tensor, neighbours: torch.Tensor, strangers: torch.Tensor) -> torch.Tensor:
    costs = []
    for c, n, wrong_ones in zip(centers, neighbours, strangers):
        costs.append(-F.logsigmoid(c @ n) - F.logsigmoid(-(wrong_ones @ c)).sum())
    return torch.stack(costs).mean()


# %% right="skip_gram: slices before and after the word, the loss as one binary cross-entropy of all questions"
def pairs(ids, window):
    out = []
    for place in range(len(ids)):
        around_it = list(ids[max(place - window, 0) : place]) + list(ids[place + 1 : place + 1 + window])
        out.extend((ids[place], other) for other in around_it)
    return out


def skip_gram_loss(centers, neighbours, strangers):
    candidates = torch.cat([neighbours.unsqueeze(1), strangers], dim=1)
    scores = (candidates @ centers.unsqueeze(-1)).squeeze(-1)
    answers = torch.zeros_like(scores)
    answers[:, 0] = 1
    return F.binary_cross_entropy_with_logits(scores, answers, reduction="sum") / len(centers)


# %% wrong="skip_gram: the logarithm of the sigmoid in two steps; breaks: scores may be as large as 1,000 and the loss is still finite"
def pairs(ids, window):
    return [
        (ids[i], ids[j])
        for i in range(len(ids))
        for j in range(max(0, i - window), min(len(ids), i + window + 1))
        if i != j
    ]


def skip_gram_loss(centers, neighbours, strangers):
    real = (centers * neighbours).sum(1)
    false = (strangers @ centers[:, :, None])[:, :, 0]
    return -(torch.log(torch.sigmoid(real)) + torch.log(torch.sigmoid(-false)).sum(1)).mean()


# %% wrong="skip_gram: no minus before the scores of the strangers; breaks: the formula of L, seen with vectors that are not zero"
def pairs(ids, window):
    return [
        (ids[i], ids[j])
        for i in range(len(ids))
        for j in range(max(0, i - window), min(len(ids), i + window + 1))
        if i != j
    ]


def skip_gram_loss(centers, neighbours, strangers):
    real = (centers * neighbours).sum(1)
    false = (strangers @ centers[:, :, None])[:, :, 0]
    return -(F.logsigmoid(real) + F.logsigmoid(false).sum(1)).mean()


# %% wrong="skip_gram: leaves out neighbours that are the same word; breaks: the same word may stand nearby once more and counts then, seen with [1, 1]"
def pairs(ids, window):
    return [
        (ids[i], ids[j])
        for i in range(len(ids))
        for j in range(max(0, i - window), min(len(ids), i + window + 1))
        if ids[i] != ids[j]
    ]


def skip_gram_loss(centers, neighbours, strangers):
    real = (centers * neighbours).sum(1)
    false = (strangers @ centers[:, :, None])[:, :, 0]
    return -(F.logsigmoid(real) + F.logsigmoid(-false).sum(1)).mean()


# %% wrong="skip_gram: collects the pairs in a set; breaks: lists every pair, seen with [3, 1, 4, 1], where (4, 1) occurs twice"
def pairs(ids, window):
    found = set()
    for i in range(len(ids)):
        for j in range(max(0, i - window), min(len(ids), i + window + 1)):
            if i != j:
                found.add((ids[i], ids[j]))
    return list(found)


def skip_gram_loss(centers, neighbours, strangers):
    real = (centers * neighbours).sum(1)
    false = (strangers @ centers[:, :, None])[:, :, 0]
    return -(F.logsigmoid(real) + F.logsigmoid(-false).sum(1)).mean()


# %% wrong="skip_gram: only the next neighbours, whatever the window; breaks: at most window places apart, seen with a window of 2"
def pairs(ids, window):
    found = []
    for left, right in itertools.pairwise(ids):
        found += [(left, right), (right, left)]
    return found


def skip_gram_loss(centers, neighbours, strangers):
    real = (centers * neighbours).sum(1)
    false = (strangers @ centers[:, :, None])[:, :, 0]
    return -(F.logsigmoid(real) + F.logsigmoid(-false).sum(1)).mean()


# %% wrong="skip_gram: asks each word about the neighbours of all rows; breaks: the mean of L over n rows, seen with two rows of different vectors"
def pairs(ids, window):
    return [
        (ids[i], ids[j])
        for i in range(len(ids))
        for j in range(max(0, i - window), min(len(ids), i + window + 1))
        if i != j
    ]


def skip_gram_loss(centers, neighbours, strangers):
    real = F.logsigmoid(centers @ neighbours.T).mean()
    false = F.logsigmoid(-(strangers @ centers[:, :, None])[:, :, 0]).sum(1).mean()
    return -real - false


# %% wrong="skip_gram: chances clamped at 1e-9 before the logarithm; breaks: the formula of L and its slopes, seen with a score of minus 1,000, which costs 1,000"
def pairs(ids, window):
    return [
        (ids[i], ids[j])
        for i in range(len(ids))
        for j in range(max(0, i - window), min(len(ids), i + window + 1))
        if i != j
    ]


def skip_gram_loss(centers, neighbours, strangers):
    real = torch.sigmoid((centers * neighbours).sum(1)).clamp(min=1e-9)
    false = torch.sigmoid(-(strangers @ centers[:, :, None])[:, :, 0]).clamp(min=1e-9)
    return -(real.log() + false.log().sum(1)).mean()


# %% right="rnn: min at the border, detach and clone, the cost first"
def cell(x: torch.Tensor, h: torch.Tensor, w_x: torch.Tensor, w_h: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The next state (batch, hidden), from x (batch, features) and the state h (batch, hidden)."""
    return torch.tanh(torch.matmul(x, w_x) + torch.matmul(h, w_h) + b)


def truncated(step, inputs, h: torch.Tensor, length: int) -> tuple[torch.Tensor, float]:
    """The last state, and the loss of all steps together; slopes walk back through at most length steps."""
    total = 0.0
    for start in range(0, len(inputs), length):
        h = h.detach().clone()
        loss = torch.zeros(())
        for x in inputs[start : min(start + length, len(inputs))]:
            h, cost = step(x, h)
            loss = cost + loss
        loss.backward()
        total += loss.item()
    return h.detach(), total


# %% right="rnn: einsum in the cell, slice objects and torch.add"
def cell(x: torch.Tensor, h: torch.Tensor, w_x: torch.Tensor, w_h: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The next state (batch, hidden), from x (batch, features) and the state h (batch, hidden)."""
    return torch.tanh(torch.einsum("bf,fh->bh", x, w_x) + torch.einsum("bg,gh->bh", h, w_h) + b)


def truncated(step, inputs, h: torch.Tensor, length: int) -> tuple[torch.Tensor, float]:
    """The last state, and the loss of all steps together; slopes walk back through at most length steps."""
    total = 0.0
    for start in range(*(0, len(inputs), length)):
        h = h.detach()
        loss = torch.zeros(())
        for x in inputs[slice(start, start + length)]:
            h, cost = step(x, h)
            loss = torch.add(loss, cost)
        loss.backward()
        total += loss.item()
    return h.detach(), total


# %% right="rnn: counts the steps instead of slicing, costs in a list"
def cell(x: torch.Tensor, h: torch.Tensor, w_x: torch.Tensor, w_h: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The next state (batch, hidden), from x (batch, features) and the state h (batch, hidden)."""
    both = torch.cat([x, h], dim=-1) @ torch.cat([w_x, w_h], dim=0)
    return torch.tanh(both + b)


def truncated(step, inputs, h: torch.Tensor, length: int) -> tuple[torch.Tensor, float]:
    """The last state, and the loss of all steps together; slopes walk back through at most length steps."""
    total, costs, h = 0.0, [], h.detach()
    for number, x in enumerate(inputs, start=1):
        h, cost = step(x, h)
        costs.append(cost)
        if number % length == 0 or number == len(inputs):
            loss = sum(costs)
            loss.backward()
            total += loss.item()
            costs, h = [], h.detach()
    return h, total


# %% wrong="rnn: a chunk is always one step; breaks: walks back through a chunk of length steps, seen with a length of 3 and a state that matters"
def cell(x: torch.Tensor, h: torch.Tensor, w_x: torch.Tensor, w_h: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The next state (batch, hidden), from x (batch, features) and the state h (batch, hidden)."""
    return torch.tanh(x @ w_x + h @ w_h + b)


def truncated(step, inputs, h: torch.Tensor, length: int) -> tuple[torch.Tensor, float]:
    """The last state, and the loss of all steps together; slopes walk back through at most length steps."""
    total = 0.0
    for start in range(len(inputs)):
        h = h.detach()
        loss = torch.zeros(())
        for x in inputs[start : start + 1]:
            h, cost = step(x, h)
            loss = loss + cost
        loss.backward()
        total += loss.item()
    return h.detach(), total


# %% wrong="rnn: the recurrent matrix is turned; breaks: h_(t-1) W_h, seen with a matrix that is not symmetric"
def cell(x: torch.Tensor, h: torch.Tensor, w_x: torch.Tensor, w_h: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The next state (batch, hidden), from x (batch, features) and the state h (batch, hidden)."""
    return torch.tanh(x @ w_x + h @ w_h.T + b)


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


# %% wrong="rnn: begins with a state of zeros instead of the given h; breaks: the last state from h, seen with an h that is not zero"
def cell(x: torch.Tensor, h: torch.Tensor, w_x: torch.Tensor, w_h: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The next state (batch, hidden), from x (batch, features) and the state h (batch, hidden)."""
    return torch.tanh(x @ w_x + h @ w_h + b)


def truncated(step, inputs, h: torch.Tensor, length: int) -> tuple[torch.Tensor, float]:
    """The last state, and the loss of all steps together; slopes walk back through at most length steps."""
    total = 0.0
    for start in range(0, len(inputs), length):
        h = h.detach() if start > 0 else torch.zeros_like(h)
        loss = torch.zeros(())
        for x in inputs[start : start + length]:
            h, cost = step(x, h)
            loss = loss + cost
        loss.backward()
        total += loss.item()
    return h.detach(), total


# %% wrong="rnn: leaves out the last chunk if it is not full; breaks: works for a chunk that is not full, seen with 3 inputs and a length of 2"
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


# %% wrong="rnn: each chunk costs the mean of its steps; breaks: each from a loss that is the sum of its steps, seen with a length of 2"
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
            loss = loss + cost / length
        loss.backward()
        total += loss.item()
    return h.detach(), total


# %% wrong="rnn: only the last step of a chunk costs; breaks: the loss of all steps together, seen with any length above 1"
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


# %% wrong="rnn: the first chunk has an input too few and starts one place late; breaks: the loss of all steps together, seen with a length of 2 and inputs that differ"
def cell(x: torch.Tensor, h: torch.Tensor, w_x: torch.Tensor, w_h: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The next state (batch, hidden), from x (batch, features) and the state h (batch, hidden)."""
    return torch.tanh(x @ w_x + h @ w_h + b)


def truncated(step, inputs, h: torch.Tensor, length: int) -> tuple[torch.Tensor, float]:
    """The last state, and the loss of all steps together; slopes walk back through at most length steps."""
    total = 0.0
    for start in range(length - 1, len(inputs), length):
        h = h.detach()
        loss = torch.zeros(())
        for x in inputs[start : start + length]:
            h, cost = step(x, h)
            loss = loss + cost
        loss.backward()
        total += loss.item()
    return h.detach(), total


# %% right="attention: the softmax by hand with the largest score taken off"
def attention(queries, keys, values, mask=None):
    scores = torch.matmul(queries, keys.mT) / math.sqrt(queries.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(mask.logical_not(), -math.inf)
    powers = (scores - scores.amax(dim=-1, keepdim=True).detach()).exp()
    weights = powers / powers.sum(dim=-1, keepdim=True)
    return weights @ values, weights


# %% right="attention: einsum and a where, the root taken from both sides"
def attention(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, mask: torch.Tensor | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """What each query finds (…, queries, v) and its weights (…, queries, keys)."""
    fourth_root = keys.shape[-1] ** 0.25
    scores = torch.einsum("...qd,...kd->...qk", queries / fourth_root, keys / fourth_root)
    if mask is not None:
        scores = torch.where(mask, scores, -math.inf)
    weights = F.softmax(scores, dim=-1)
    found = torch.einsum("...qk,...kv->...qv", weights, values)
    return found, weights


# %% right="attention: one query after the other, stacked at the end"
def attention(queries, keys, values, mask=None):
    size = queries.size(-1)
    rows = []
    for number in range(queries.size(-2)):
        rows.append((queries[..., number : number + 1, :] * keys).sum(dim=-1) / size**0.5)
    scores = torch.stack(rows, dim=-2)
    if mask is not None:
        forbidden = torch.zeros(mask.shape, dtype=scores.dtype, device=scores.device).masked_fill(~mask, -math.inf)
        scores = scores + forbidden
    weights = scores.log_softmax(dim=-1).exp()
    return torch.matmul(weights, values), weights


# %% wrong="attention: divides by 2, the root of the example's 4; breaks: the root of d, seen with vectors of another length than 4"
def attention(queries, keys, values, mask=None):
    scores = queries @ keys.transpose(-1, -2) / 2
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    weights = scores.softmax(dim=-1)
    return weights @ values, weights


# %% wrong="attention: masks where a query may look; breaks: True where a query may look, seen with any mask"
def attention(queries, keys, values, mask=None):
    scores = queries @ keys.transpose(-1, -2) / queries.shape[-1] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(mask, -math.inf)
    weights = scores.softmax(dim=-1)
    return weights @ values, weights


# %% wrong="attention: masked scores become minus 100; breaks: a weight of exactly 0 with scores as large as 1,000, seen with allowed scores below minus 100"
def attention(queries, keys, values, mask=None):
    scores = queries @ keys.transpose(-1, -2) / queries.shape[-1] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, -100.0)
    weights = scores.softmax(dim=-1)
    return weights @ values, weights


# %% wrong="attention: the mask is applied after the softmax; breaks: each row adds up to 1, seen with any mask that has a False"
def attention(queries, keys, values, mask=None):
    scores = queries @ keys.transpose(-1, -2) / queries.shape[-1] ** 0.5
    weights = scores.softmax(dim=-1)
    if mask is not None:
        weights = weights * mask
    return weights @ values, weights


# %% wrong="attention: exponentials without taking off the largest score; breaks: scores may be as large as 1,000, seen with nan"
def attention(queries, keys, values, mask=None):
    powers = (queries @ keys.transpose(-1, -2) / queries.shape[-1] ** 0.5).exp()
    if mask is not None:
        powers = powers * mask
    weights = powers / powers.sum(dim=-1, keepdim=True)
    return weights @ values, weights


# %% wrong="attention: handles no batch and a batch of one axis only; breaks: everything before the last two axes is a batch of any shape, seen with four axes"
def attention(queries, keys, values, mask=None):
    letters_of_batch = "b" if queries.dim() > 2 else ""
    b = letters_of_batch
    scores = torch.einsum(f"{b}qd,{b}kd->{b}qk", queries, keys) / queries.shape[-1] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    weights = scores.softmax(dim=-1)
    return torch.einsum(f"{b}qk,{b}kv->{b}qv", weights, values), weights


# %% wrong="attention: what is found comes from the library; breaks: written by hand without the ready-made scaled_dot_product_attention"
def attention(queries, keys, values, mask=None):
    scores = queries @ keys.transpose(-1, -2) / queries.shape[-1] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    found = F.scaled_dot_product_attention(queries, keys, values, attn_mask=mask)
    return found, scores.softmax(dim=-1)


# %% right="causal: a tensor of minus infinity of the same type in the where"
def causal(scores: torch.Tensor) -> torch.Tensor:
    """The scores (…, seq, seq), with minus infinity wherever a query (row) would look at a later key (column)."""
    seq = scores.shape[-1]
    past = torch.ones((seq, seq), dtype=torch.bool).tril()
    return torch.where(past, scores, torch.full_like(scores, -math.inf))


# %% right="causal: the upper triangle, turned, in a masked_fill"
def causal(scores: torch.Tensor) -> torch.Tensor:
    """The scores (…, seq, seq), with minus infinity wherever a query (row) would look at a later key (column)."""
    seq = scores.shape[-1]
    past = torch.ones(2 * [seq], dtype=torch.bool).triu()
    return torch.masked_fill(scores, past.T.logical_not(), float("-inf"))


# %% right="causal: places compared, written into an own copy"
def causal(scores: torch.Tensor) -> torch.Tensor:
    """The scores (…, seq, seq), with minus infinity wherever a query (row) would look at a later key (column)."""
    places_of = torch.arange(scores.shape[-1], device=scores.device)
    future = places_of[None, :] > places_of[:, None]
    own = scores.clone()
    own[..., future] = -math.inf
    return own


# %% wrong="causal: the future is multiplied by minus infinity; breaks: scores of the future become minus infinity, seen with negative scores, which become plus infinity, and zeros"
def causal(scores: torch.Tensor) -> torch.Tensor:
    """The scores (…, seq, seq), with minus infinity wherever a query (row) would look at a later key (column)."""
    seq = scores.shape[-1]
    past = torch.ones(seq, seq, dtype=torch.bool).tril()
    return torch.where(past, scores, scores * -math.inf)


# %% wrong="causal: a large negative number in place of infinity; breaks: scores of the future become minus infinity, seen in the values"
def causal(scores: torch.Tensor) -> torch.Tensor:
    """The scores (…, seq, seq), with minus infinity wherever a query (row) would look at a later key (column)."""
    seq = scores.shape[-1]
    past = torch.ones(seq, seq, dtype=torch.bool).tril()
    return torch.where(past, scores, -1e9)


# %% wrong="causal: returns logarithms of the weights; breaks: all others stay, seen in the values on and below the diagonal"
def causal(scores: torch.Tensor) -> torch.Tensor:
    """The scores (…, seq, seq), with minus infinity wherever a query (row) would look at a later key (column)."""
    seq = scores.shape[-1]
    past = torch.ones(seq, seq, dtype=torch.bool).tril()
    return torch.log_softmax(scores.masked_fill(~past, -math.inf), dim=-1)


# %% wrong="causal: takes off the largest score of each row for safety; breaks: all others stay, seen with any scores whose largest is not 0"
def causal(scores: torch.Tensor) -> torch.Tensor:
    """The scores (…, seq, seq), with minus infinity wherever a query (row) would look at a later key (column)."""
    seq = scores.shape[-1]
    past = torch.ones(seq, seq, dtype=torch.bool).tril()
    return torch.where(past, scores - scores.amax(dim=-1, keepdim=True), -math.inf)


# %% wrong="causal: the upper triangle stays and the past is cut; breaks: minus infinity wherever a query would look at a later key, seen with two tokens"
def causal(scores: torch.Tensor) -> torch.Tensor:
    """The scores (…, seq, seq), with minus infinity wherever a query (row) would look at a later key (column)."""
    seq = scores.shape[-1]
    past = torch.ones(seq, seq, dtype=torch.bool).triu()
    return torch.where(past, scores, -math.inf)


# %% wrong="causal: writes into the scores that it was given; breaks: leaves its inputs unchanged, seen with two tokens"
def causal(scores: torch.Tensor) -> torch.Tensor:
    """The scores (…, seq, seq), with minus infinity wherever a query (row) would look at a later key (column)."""
    seq = scores.shape[-1]
    past = torch.ones(seq, seq, dtype=torch.bool).tril()
    scores.data.masked_fill_(~past, -math.inf)
    return scores


# %% right="leaky: the future named by the upper triangle above the diagonal"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    """Causal attention of one head: (batch, seq, d_model) to (batch, seq, d_head)."""
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    scores = queries @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    later = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).triu(diagonal=1)
    weights = scores.masked_fill(later, -math.inf).softmax(dim=-1)
    return weights @ values


# %% right="leaky: the library's attention with is_causal, which nothing forbids here"
def causal_head(x, w_q, w_k, w_v):
    queries, keys, values = (x @ w for w in (w_q, w_k, w_v))
    return F.scaled_dot_product_attention(queries, keys, values, is_causal=True)


# %% right="leaky: place by place, each with the keys so far, then put together"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    """Causal attention of one head: (batch, seq, d_model) to (batch, seq, d_head)."""
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    outs = []
    for last in range(1, x.shape[1] + 1):
        query = queries[:, last - 1 : last]
        weights = (query @ keys[:, :last].transpose(1, 2) / keys.shape[-1] ** 0.5).softmax(dim=-1)
        outs.append(weights @ values[:, :last])
    return torch.cat(outs, dim=1)


# %% wrong="leaky: repairs the first place alone; breaks: place i may look at places up to i only, seen at the second of three tokens"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    """Causal attention of one head: (batch, seq, d_model) to (batch, seq, d_head)."""
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    scores = queries @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    seen = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).tril(diagonal=1)
    seen[0, 1:] = False
    weights = scores.masked_fill(~seen, -math.inf).softmax(dim=-1)
    return weights @ values


# %% wrong="leaky: each place sees itself alone; breaks: causal attention looks at all places up to i, seen at the second token"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    """Causal attention of one head: (batch, seq, d_model) to (batch, seq, d_head)."""
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    scores = queries @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    seen = torch.eye(x.shape[1], dtype=torch.bool)
    weights = scores.masked_fill(~seen, -math.inf).softmax(dim=-1)
    return weights @ values


# %% wrong="leaky: shifts both borders, so that a place sees itself and one before; breaks: place i may look at all places up to i, seen at the third token"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    """Causal attention of one head: (batch, seq, d_model) to (batch, seq, d_head)."""
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    scores = queries @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    seen = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).tril().triu(diagonal=-1)
    weights = scores.masked_fill(~seen, -math.inf).softmax(dim=-1)
    return weights @ values


# %% wrong="leaky: repairs the mask and changes the root to that of d_model; breaks: there is one mistake, and the scale is the root of the keys' d, seen with d_head unlike d_model"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    """Causal attention of one head: (batch, seq, d_model) to (batch, seq, d_head)."""
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    scores = queries @ keys.transpose(1, 2) / x.shape[-1] ** 0.5
    seen = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).tril()
    weights = scores.masked_fill(~seen, -math.inf).softmax(dim=-1)
    return weights @ values


# %% wrong="leaky: moves the diagonal to minus one and lets the first place see itself; breaks: place i may look at itself, seen at the second token"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    """Causal attention of one head: (batch, seq, d_model) to (batch, seq, d_head)."""
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    scores = queries @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    seen = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).tril(diagonal=-1)
    seen[0, 0] = True
    weights = scores.masked_fill(~seen, -math.inf).softmax(dim=-1)
    return weights @ values


# %% wrong="leaky: the mask is repaired and the softmax replaced by a plain mean of what is seen; breaks: attention weighs by the scores, seen at the second token"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    """Causal attention of one head: (batch, seq, d_model) to (batch, seq, d_head)."""
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    scores = queries @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    seen = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).tril()
    weights = (0 * scores).masked_fill(~seen, -math.inf).softmax(dim=-1)
    return weights @ values


# %% right="multi_head: unflatten, an own softmax and flatten"
def multi_head(x, w_q, w_k, w_v, w_o, heads, causal):
    q, k, v = ((x @ w).unflatten(-1, (heads, -1)).transpose(1, 2) for w in (w_q, w_k, w_v))
    scores = q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5
    if causal:
        later = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).triu(1)
        scores = scores.masked_fill(later, -math.inf)
    return (scores.softmax(dim=-1) @ v).transpose(1, 2).flatten(-2) @ w_o


# %% right="multi_head: a loop over heads with column slices, each one added through its rows of w_o"
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
    size = x.shape[-1] // heads
    out = torch.zeros_like(x)
    for head in range(heads):
        part = slice(head * size, (head + 1) * size)
        found = F.scaled_dot_product_attention(x @ w_q[:, part], x @ w_k[:, part], x @ w_v[:, part], is_causal=causal)
        out = out + found @ w_o[part]
    return out


# %% right="multi_head: one einsum for each stage, the matrices cut into heads instead of the vectors"
def multi_head(x, w_q, w_k, w_v, w_o, heads, causal):
    d_model = x.shape[2]
    cut_up = [w.reshape(d_model, heads, d_model // heads) for w in (w_q, w_k, w_v)]
    q, k, v = [torch.einsum("bsd,dhe->bhse", x, w) for w in cut_up]
    scores = torch.einsum("bhqe,bhke->bhqk", q, k) / math.sqrt(d_model // heads)
    if causal:
        place_of = torch.arange(x.shape[1])
        scores = torch.where(place_of <= place_of[:, None], scores, -math.inf)
    weights = torch.softmax(scores, dim=3)
    return torch.einsum("bhqk,bhke,hed->bqd", weights, v, w_o.reshape(heads, -1, d_model))


# %% wrong="multi_head: divides by the root of d_model; breaks: with the root of its size, seen with two heads and keys that are not zero"
def multi_head(x, w_q, w_k, w_v, w_o, heads, causal):
    q, k, v = ((x @ w).unflatten(-1, (heads, -1)).transpose(1, 2) for w in (w_q, w_k, w_v))
    scores = q @ k.transpose(-1, -2) / x.shape[-1] ** 0.5
    if causal:
        later = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).triu(1)
        scores = scores.masked_fill(later, -math.inf)
    return (scores.softmax(dim=-1) @ v).transpose(1, 2).flatten(-2) @ w_o


# %% wrong="multi_head: always causal; breaks: causal or both ways, seen with causal=False"
def multi_head(x, w_q, w_k, w_v, w_o, heads, causal):
    q, k, v = ((x @ w).unflatten(-1, (heads, -1)).transpose(1, 2) for w in (w_q, w_k, w_v))
    found = F.scaled_dot_product_attention(q, k, v, is_causal=True)
    return found.transpose(1, 2).flatten(-2) @ w_o


# %% wrong="multi_head: every heads-th column belongs to a head; breaks: the first columns belong to the first head, seen with heads of two numbers"
def multi_head(x, w_q, w_k, w_v, w_o, heads, causal):
    q, k, v = ((x @ w).unflatten(-1, (-1, heads)).permute(0, 3, 1, 2) for w in (w_q, w_k, w_v))
    found = F.scaled_dot_product_attention(q, k, v, is_causal=causal)
    return found.permute(0, 2, 3, 1).flatten(-2) @ w_o


# %% wrong="multi_head: the fourth matrix is turned; breaks: the matrices are used as x @ w, seen with a w_o that is not symmetric"
def multi_head(x, w_q, w_k, w_v, w_o, heads, causal):
    q, k, v = ((x @ w).unflatten(-1, (heads, -1)).transpose(1, 2) for w in (w_q, w_k, w_v))
    found = F.scaled_dot_product_attention(q, k, v, is_causal=causal)
    return F.linear(found.transpose(1, 2).flatten(-2), w_o)


# %% wrong="multi_head: queries and keys change places; breaks: Q = X W_Q and K = X W_K, seen with matrices that are not zero"
def multi_head(x, w_q, w_k, w_v, w_o, heads, causal):
    k, q, v = ((x @ w).unflatten(-1, (heads, -1)).transpose(1, 2) for w in (w_q, w_k, w_v))
    found = F.scaled_dot_product_attention(q, k, v, is_causal=causal)
    return found.transpose(1, 2).flatten(-2) @ w_o


# %% wrong="multi_head: puts the heads together without turning the axes back; breaks: the results stand side by side again, seen with three tokens"
def multi_head(x, w_q, w_k, w_v, w_o, heads, causal):
    q, k, v = ((x @ w).unflatten(-1, (heads, -1)).transpose(1, 2) for w in (w_q, w_k, w_v))
    found = F.scaled_dot_product_attention(q, k, v, is_causal=causal)
    return found.reshape(x.shape) @ w_o


# %% wrong="multi_head: everything by the library's multi_head_attention_forward; breaks: written by hand without it"
def multi_head(x, w_q, w_k, w_v, w_o, heads, causal):
    turned = x.transpose(0, 1)
    later = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).triu(1) if causal else None
    out, _ = F.multi_head_attention_forward(
        turned,
        turned,
        turned,
        x.shape[-1],
        heads,
        torch.cat([w_q.T, w_k.T, w_v.T]),
        None,
        None,
        None,
        False,
        0.0,
        w_o.T,
        None,
        training=False,
        need_weights=False,
        attn_mask=later,
    )
    return out.transpose(0, 1)


# %% right="bert_mlp: keyword arguments and torch.add"
class BertMLP(nn.Module):
    """Up, bend, down, with dropout, residual and norm: (…, d_model) in and out."""

    def __init__(self, d_model: int, d_hidden: int, dropout: float = 0.1):
        super().__init__()
        self.up = nn.Linear(in_features=d_model, out_features=d_hidden)
        self.down = nn.Linear(in_features=d_hidden, out_features=d_model)
        self.dropout = nn.Dropout(dropout)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.down(F.gelu(input=self.up(x)))
        return self.norm(torch.add(x, self.dropout(out)))


# %% right="bert_mlp: the bend from the error function, the dropout as a function that knows the mode"
class BertMLP(nn.Module):
    """Up, bend, down, with dropout, residual and norm: (…, d_model) in and out."""

    def __init__(self, d_model: int, d_hidden: int, dropout: float = 0.1):
        super().__init__()
        self.up = nn.Linear(*(d_model, d_hidden))
        self.down = nn.Linear(*(d_hidden, d_model))
        self.dropout = nn.Dropout(dropout)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        z = self.up(x)
        out = self.down(z * 0.5 * (1 + torch.erf(z / math.sqrt(2))))
        return self.norm(x + F.dropout(out, p=self.dropout.p, training=self.training))


# %% right="bert_mlp: parts added by name, the norm from mean and variance with its own scale and shift"
class BertMLP(nn.Module):
    """Up, bend, down, with dropout, residual and norm: (…, d_model) in and out."""

    def __init__(self, d_model: int, d_hidden: int, dropout: float = 0.1):
        super().__init__()
        self.add_module("up", nn.Linear(d_model, d_hidden))
        self.add_module("down", nn.Linear(d_hidden, d_model))
        self.add_module("dropout", nn.Dropout(dropout))
        self.add_module("norm", nn.LayerNorm((d_model,)))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        total = x + self.dropout(self.down(F.gelu(self.up(x))))
        centered = total - total.mean(dim=-1, keepdim=True)
        variance = total.var(dim=-1, keepdim=True, unbiased=False)
        return centered / torch.sqrt(variance + self.norm.eps) * self.norm.weight + self.norm.bias


# %% wrong="bert_mlp: forgets to call the dropout; breaks: norm of x + dropout of the MLP, seen in training with a large chance"
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


# %% wrong="bert_mlp: drops from the sum, so that the residual loses numbers too; breaks: dropout on what the MLP says, seen in training"
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


# %% wrong="bert_mlp: drops after the norm; breaks: the norm is last and the dropout on what the MLP says, seen in training"
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
        return self.dropout(self.norm(x + out))


# %% wrong="bert_mlp: drops hidden units instead of what the MLP says; breaks: dropout(MLP(x)), seen in training with a chance of 1, where the bias of down is left"
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


# %% wrong="bert_mlp: ignores the chance that it is given and drops a tenth; breaks: the parameter dropout, seen in training with a chance of 0.9 or 0"
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


# %% wrong="bert_mlp: another bend, ReLU; breaks: the bend is GELU, seen with negative numbers before it"
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


# %% right="Block: a loop over the two steps"
class Block(nn.Module):
    """Attention and MLP with pre-norm and residuals: (batch, seq, d_model) in and out."""

    def __init__(self, d_model: int, attention: nn.Module, mlp: nn.Module):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(d_model), nn.LayerNorm(d_model)
        self.attention, self.mlp = attention, mlp

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for norm_of, branch in ((self.norm1, self.attention), (self.norm2, self.mlp)):
            x = x + branch(norm_of(x))
        return x


# %% right="Block: parts registered by name, intermediate results spelt out with torch.add"
class Block(nn.Module):
    def __init__(self, d_model, attention, mlp):
        super().__init__()
        parts = {
            "norm1": nn.LayerNorm(normalized_shape=[d_model]),
            "attention": attention,
            "norm2": nn.LayerNorm(normalized_shape=[d_model]),
            "mlp": mlp,
        }
        for name, part in parts.items():
            self.add_module(name, part)

    def forward(self, x):
        said = self.attention(self.norm1(x))
        stream = torch.add(said, x)
        return torch.add(self.mlp(self.norm2(stream)), stream)


# %% right="Block: a static helper for a step, the two steps nested"
class Block(nn.Module):
    """Attention and MLP with pre-norm and residuals: (batch, seq, d_model) in and out."""

    def __init__(self, d_model: int, attention: nn.Module, mlp: nn.Module):
        nn.Module.__init__(self)
        self.norm1 = nn.LayerNorm(d_model)
        self.attention = attention
        self.norm2 = nn.LayerNorm(d_model)
        self.mlp = mlp

    @staticmethod
    def step(x, norm, branch):
        return x + branch.forward(norm.forward(x))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.step(self.step(x, self.norm1, self.attention), self.norm2, self.mlp)


# %% wrong="Block: both branches read the block's input; breaks: the second step works on what the first one left, seen with an MLP that is not constant"
class Block(nn.Module):
    def __init__(self, d_model, attention, mlp):
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(d_model), attention
        self.norm2, self.mlp = nn.LayerNorm(d_model), mlp

    def forward(self, x):
        return x + self.attention(self.norm1(x)) + self.mlp(self.norm2(x))


# %% wrong="Block: the MLP gets the stream without its norm; breaks: MLP of norm_2 of x, seen with an MLP that is not constant"
class Block(nn.Module):
    def __init__(self, d_model, attention, mlp):
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(d_model), attention
        self.norm2, self.mlp = nn.LayerNorm(d_model), mlp

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.mlp(x)


# %% wrong="Block: the MLP comes first; breaks: the order of the two steps, seen with parts that are not constant"
class Block(nn.Module):
    def __init__(self, d_model, attention, mlp):
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(d_model), attention
        self.norm2, self.mlp = nn.LayerNorm(d_model), mlp

    def forward(self, x):
        x = x + self.mlp(self.norm2(x))
        return x + self.attention(self.norm1(x))


# %% wrong="Block: norm1 is used twice; breaks: MLP of norm_2 of x, seen after different weights are loaded into the norms"
class Block(nn.Module):
    def __init__(self, d_model, attention, mlp):
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(d_model), attention
        self.norm2, self.mlp = nn.LayerNorm(d_model), mlp

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.mlp(self.norm1(x))


# %% wrong="Block: the norms have no scale and shift; breaks: weights can be loaded into norm1 and norm2, seen with load_state_dict"
class Block(nn.Module):
    def __init__(self, d_model, attention, mlp):
        super().__init__()
        self.norm1 = nn.LayerNorm(d_model, elementwise_affine=False)
        self.norm2 = nn.LayerNorm(d_model, elementwise_affine=False)
        self.attention, self.mlp = attention, mlp

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.mlp(self.norm2(x))


# %% wrong="Block: the norms have other names, ln1 and ln2; breaks: call the parts norm1, attention, norm2 and mlp, seen with load_state_dict"
class Block(nn.Module):
    def __init__(self, d_model, attention, mlp):
        super().__init__()
        self.ln1, self.attention = nn.LayerNorm(d_model), attention
        self.ln2, self.mlp = nn.LayerNorm(d_model), mlp

    def forward(self, x):
        x = x + self.attention(self.ln1(x))
        return x + self.mlp(self.ln2(x))


# %% wrong="Block: norms after the branches instead of before them; breaks: the norm inside the branch before attention and MLP, seen with parts that are not constant"
class Block(nn.Module):
    def __init__(self, d_model, attention, mlp):
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(d_model), attention
        self.norm2, self.mlp = nn.LayerNorm(d_model), mlp

    def forward(self, x):
        x = x + self.norm1(self.attention(x))
        return x + self.norm2(self.mlp(x))


# %% right="gpt: einsum with the axes left to the dots, positions by rows of the table"
class GPT(nn.Module):
    """Logits for the next token at each place: (batch, seq) to (batch, seq, tokens)."""

    def __init__(self, tokens: int, seq: int, d_model: int, blocks: list[nn.Module]):
        super().__init__()
        self.token = nn.Embedding(num_embeddings=tokens, embedding_dim=d_model)
        self.position = nn.Embedding(num_embeddings=seq, embedding_dim=d_model)
        self.blocks = nn.ModuleList(blocks)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        places = torch.arange(ids.size(-1))
        x = self.token(ids) + self.position.weight[places]
        for block in self.blocks:
            x = block(x)
        return torch.einsum("...d,td->...t", self.norm(x), self.token.weight)


# %% right="gpt: einsum that leaves the order of its result to the alphabet"
class GPT(nn.Module):
    """Logits for the next token at each place: (batch, seq) to (batch, seq, tokens)."""

    def __init__(self, tokens: int, seq: int, d_model: int, blocks: list[nn.Module]):
        super().__init__()
        self.token = nn.Embedding(*(tokens, d_model))
        self.position = nn.Embedding(*(seq, d_model))
        self.blocks = nn.ModuleList(blocks)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        places = torch.arange(0, len(ids[0]), 1)
        x = self.token(ids) + self.position(places)[None]
        for block in self.blocks:
            x = block.forward(x)
        return torch.einsum("bsd,td", self.norm(x), self.token.weight)


# %% right="gpt: blocks in a Sequential, which does here, and F.linear with the embedding table"
class GPT(nn.Module):
    """Logits for the next token at each place: (batch, seq) to (batch, seq, tokens)."""

    def __init__(self, tokens: int, seq: int, d_model: int, blocks: list[nn.Module]):
        super().__init__()
        self.token = nn.Embedding(tokens, d_model)
        self.position = nn.Embedding(seq, d_model)
        self.blocks = nn.Sequential(*blocks)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        x = self.token(ids) + self.position(torch.arange(ids.shape[1]).expand_as(ids))
        return F.linear(self.norm(self.blocks(x)), self.token.weight)


# %% wrong="gpt: positions are counted from the end of the longest text; breaks: an embedding of its position, seen with a text shorter than seq, whose first token is not at place 0"
class GPT(nn.Module):
    """Logits for the next token at each place: (batch, seq) to (batch, seq, tokens)."""

    def __init__(self, tokens: int, seq: int, d_model: int, blocks: list[nn.Module]):
        super().__init__()
        self.token = nn.Embedding(tokens, d_model)
        self.position = nn.Embedding(seq, d_model)
        self.blocks = nn.ModuleList(blocks)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        longest = self.position.num_embeddings
        places = torch.arange(longest - ids.shape[1], longest)
        x = self.token(ids) + self.position(places)
        for block in self.blocks:
            x = block(x)
        return torch.einsum("bsd,td->bst", self.norm(x), self.token.weight)


# %% wrong="gpt: always adds all positions; breaks: shorter texts are welcome, seen with a text shorter than seq"
class GPT(nn.Module):
    """Logits for the next token at each place: (batch, seq) to (batch, seq, tokens)."""

    def __init__(self, tokens: int, seq: int, d_model: int, blocks: list[nn.Module]):
        super().__init__()
        self.token = nn.Embedding(tokens, d_model)
        self.position = nn.Embedding(seq, d_model)
        self.blocks = nn.ModuleList(blocks)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        places = torch.arange(self.position.num_embeddings)
        x = self.token(ids) + self.position(places)
        for block in self.blocks:
            x = block(x)
        return torch.einsum("bsd,td->bst", self.norm(x), self.token.weight)


# %% wrong="gpt: the last norm is forgotten; breaks: a last layer norm, seen with any text"
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
            x = block(x)
        return torch.einsum("bsd,td->bst", x, self.token.weight)


# %% wrong="gpt: a plain list of blocks; breaks: parameters() finds the blocks, seen with state_dict and the optimiser"
class GPT(nn.Module):
    """Logits for the next token at each place: (batch, seq) to (batch, seq, tokens)."""

    def __init__(self, tokens: int, seq: int, d_model: int, blocks: list[nn.Module]):
        super().__init__()
        self.token = nn.Embedding(tokens, d_model)
        self.position = nn.Embedding(seq, d_model)
        self.blocks = list(blocks)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        places = torch.arange(ids.shape[1])
        x = self.token(ids) + self.position(places)
        for block in self.blocks:
            x = block(x)
        return torch.einsum("bsd,td->bst", self.norm(x), self.token.weight)


# %% wrong="gpt: switches itself to evaluation in each call; breaks: it leaves no trace in the training mode, seen with a model in training"
class GPT(nn.Module):
    """Logits for the next token at each place: (batch, seq) to (batch, seq, tokens)."""

    def __init__(self, tokens: int, seq: int, d_model: int, blocks: list[nn.Module]):
        super().__init__()
        self.token = nn.Embedding(tokens, d_model)
        self.position = nn.Embedding(seq, d_model)
        self.blocks = nn.ModuleList(blocks)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        self.eval()
        places = torch.arange(ids.shape[1])
        x = self.token(ids) + self.position(places)
        for block in self.blocks:
            x = block(x)
        return torch.einsum("bsd,td->bst", self.norm(x), self.token.weight)


# %% wrong="gpt: the blocks are stored from the last to the first; breaks: some blocks in a row, seen with two blocks of different kinds"
class GPT(nn.Module):
    """Logits for the next token at each place: (batch, seq) to (batch, seq, tokens)."""

    def __init__(self, tokens: int, seq: int, d_model: int, blocks: list[nn.Module]):
        super().__init__()
        self.token = nn.Embedding(tokens, d_model)
        self.position = nn.Embedding(seq, d_model)
        self.blocks = nn.ModuleList(reversed(blocks))
        self.norm = nn.LayerNorm(d_model)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        places = torch.arange(ids.shape[1])
        x = self.token(ids) + self.position(places)
        for block in self.blocks:
            x = block(x)
        return torch.einsum("bsd,td->bst", self.norm(x), self.token.weight)


# %% right="count: shapes of all tensors in a list, multiplied out"
def gpt_parameters(tokens, seq, d_model, layers):
    wide = 4 * d_model
    block_shapes = 4 * [(d_model, d_model), (d_model,)] + 2 * [(d_model,), (d_model,)]
    block_shapes += [(wide, d_model), (wide,), (d_model, wide), (d_model,)]
    shapes = [(tokens, d_model), (seq, d_model)] + layers * block_shapes + [(d_model,), (d_model,)]
    return sum(math.prod(one) for one in shapes)


# %% right="count: modules on the meta device, counted by numel"
def gpt_parameters(tokens: int, seq: int, d_model: int, layers: int) -> int:
    """The number of parameters of a GPT-2 of this size."""
    size = lambda module: sum(p.numel() for p in module.parameters())
    linear = lambda n_in, n_out: size(nn.Linear(n_in, n_out, device="meta"))
    norm_size = size(nn.LayerNorm(d_model, device="meta"))
    tables = size(nn.Embedding(tokens, d_model, device="meta")) + size(nn.Embedding(seq, d_model, device="meta"))
    one_block = 4 * linear(d_model, d_model) + linear(d_model, 4 * d_model) + linear(4 * d_model, d_model)
    return tables + layers * (one_block + 2 * norm_size) + norm_size


# %% right="count: a running total in a loop over the layers"
def gpt_parameters(tokens, seq, d_model, layers):
    total = (tokens + seq) * d_model
    for _ in range(layers):
        total += 4 * (d_model + 1) * d_model
        total += (d_model + 1) * 4 * d_model + (4 * d_model + 1) * d_model
        total += 2 * 2 * d_model
    total += 2 * d_model
    return total


# %% wrong="count: 13 for the biases and norms of a block instead of 13 d_model; breaks: each of the matrices has a bias of d_model numbers, seen with d_model above 1"
def gpt_parameters(tokens, seq, d_model, layers):
    return (tokens + seq) * d_model + layers * (12 * d_model**2 + 13) + 2 * d_model


# %% wrong="count: a position is one number; breaks: the table of positions is (seq, d_model), seen with d_model above 1"
def gpt_parameters(tokens, seq, d_model, layers):
    block_size = 12 * d_model**2 + 13 * d_model
    return tokens * d_model + seq + layers * block_size + 2 * d_model


# %% wrong="count: the last norm has two numbers in all; breaks: each norm has a scale and a shift for each number of the vector, seen with d_model above 1"
def gpt_parameters(tokens, seq, d_model, layers):
    block_size = 4 * (d_model**2 + d_model) + 8 * d_model**2 + 5 * d_model + 4 * d_model
    return (tokens + seq) * d_model + layers * block_size + 2


# %% wrong="count: an MLP of four hidden units; breaks: 4 · d_model hidden units, seen with d_model above 1"
def gpt_parameters(tokens, seq, d_model, layers):
    hidden = 4
    attention_size = 4 * (d_model * d_model + d_model)
    mlp_size = d_model * hidden + hidden + hidden * d_model + d_model
    return (tokens + seq) * d_model + layers * (attention_size + mlp_size + 4 * d_model) + 2 * d_model


# %% wrong="count: the last norm is counted with each block; breaks: works for no layers and one norm at the end, seen with 0 or 2 layers"
def gpt_parameters(tokens, seq, d_model, layers):
    return (tokens + seq) * d_model + layers * (12 * d_model**2 + 15 * d_model)


# %% wrong="count: the blocks share their weights; breaks: the number of parameters of all layers, seen with 2 layers"
def gpt_parameters(tokens, seq, d_model, layers):
    blocks_size = 12 * d_model**2 + 13 * d_model if layers else 0
    return (tokens + seq) * d_model + blocks_size + 2 * d_model


# %% right="cache: a lower triangle that is moved to the right by what was there before"
def cached_attention(x, w_q, w_k, w_v, cache=None):
    keys, values = x @ w_k, x @ w_v
    if cache is not None:
        keys = torch.cat((cache[0], keys), dim=1)
        values = torch.cat((cache[1], values), dim=1)
    new, everything = x.shape[1], keys.shape[1]
    seen = torch.ones(new, everything, dtype=torch.bool).tril(diagonal=everything - new)
    scores = (x @ w_q) @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    return scores.masked_fill(~seen, -math.inf).softmax(dim=-1) @ values, (keys, values)


# %% right="cache: each new place on its own against the keys that it may see"
def cached_attention(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    cache: tuple[torch.Tensor, torch.Tensor] | None = None,
) -> tuple[torch.Tensor, tuple[torch.Tensor, torch.Tensor]]:
    """What the new places x (batch, new, d_model) find (batch, new, d_head), and the keys and values of all places."""
    old = () if cache is None else tuple(cache)
    keys = torch.cat([*old[:1], x @ w_k], dim=1)
    values = torch.cat([*old[1:], x @ w_v], dim=1)
    before = keys.size(1) - x.size(1)
    outs = []
    for place in range(x.size(1)):
        query = x[:, place] @ w_q
        upto = before + place + 1
        weights = torch.softmax(torch.einsum("bd,bkd->bk", query, keys[:, :upto]) / math.sqrt(query.size(-1)), dim=1)
        outs.append(torch.einsum("bk,bkd->bd", weights, values[:, :upto]))
    return torch.stack(outs, dim=1), (keys, values)


# %% right="cache: an empty cache at the start, places compared, the library for one head"
def cached_attention(x, w_q, w_k, w_v, cache=None):
    if cache is None:
        cache = x.new_zeros(x.shape[0], 0, w_k.shape[1]), x.new_zeros(x.shape[0], 0, w_v.shape[1])
    before, new = cache[0].shape[1], x.shape[1]
    grown = tuple(torch.cat([part, x @ w], dim=1) for part, w in zip(cache, (w_k, w_v), strict=True))
    may_look = torch.arange(before + new)[None, :] <= torch.arange(before, before + new)[:, None]
    return F.scaled_dot_product_attention(x @ w_q, *grown, attn_mask=may_look), grown


# %% wrong="cache: no mask among new places; breaks: a new place may look at new ones before it only, seen with two new places at once"
def cached_attention(x, w_q, w_k, w_v, cache=None):
    keys, values = x @ w_k, x @ w_v
    if cache is not None:
        keys = torch.cat([cache[0], keys], dim=1)
        values = torch.cat([cache[1], values], dim=1)
    scores = (x @ w_q) @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    return scores.softmax(dim=-1) @ values, (keys, values)


# %% wrong="cache: masks only the prompt, not what comes after a cache; breaks: new ones before it only, seen with two new places after old ones"
def cached_attention(x, w_q, w_k, w_v, cache=None):
    q, keys, values = x @ w_q, x @ w_k, x @ w_v
    if cache is None:
        return F.scaled_dot_product_attention(q, keys, values, is_causal=True), (keys, values)
    keys = torch.cat([cache[0], keys], dim=1)
    values = torch.cat([cache[1], values], dim=1)
    return F.scaled_dot_product_attention(q, keys, values), (keys, values)


# %% wrong="cache: the diagonal lies one too far to the right; breaks: at itself and at new ones before it, seen with two new places, of which the first sees the second"
def cached_attention(x, w_q, w_k, w_v, cache=None):
    keys, values = x @ w_k, x @ w_v
    before = 0
    if cache is not None:
        before = cache[0].shape[1]
        keys = torch.cat([cache[0], keys], dim=1)
        values = torch.cat([cache[1], values], dim=1)
    seen = torch.ones(x.shape[1], keys.shape[1], dtype=torch.bool).tril(diagonal=before + 1)
    scores = (x @ w_q) @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    return scores.masked_fill(~seen, -math.inf).softmax(dim=-1) @ values, (keys, values)


# %% wrong="cache: divides by the root of d_model; breaks: attention for one head with the root of the size of its queries, seen with d_head unlike d_model"
def cached_attention(x, w_q, w_k, w_v, cache=None):
    keys, values = x @ w_k, x @ w_v
    if cache is not None:
        keys = torch.cat([cache[0], keys], dim=1)
        values = torch.cat([cache[1], values], dim=1)
    seen = torch.ones(x.shape[1], keys.shape[1], dtype=torch.bool).tril(keys.shape[1] - x.shape[1])
    scores = (x @ w_q) @ keys.transpose(1, 2) / x.shape[-1] ** 0.5
    return scores.masked_fill(~seen, -math.inf).softmax(dim=-1) @ values, (keys, values)


# %% wrong="cache: puts the new keys and values in front of the old ones; breaks: the keys and values of all places in their order, seen in the cache after two calls"
def cached_attention(x, w_q, w_k, w_v, cache=None):
    keys, values = x @ w_k, x @ w_v
    new = x.shape[1]
    seen = torch.ones(new, new, dtype=torch.bool).tril()
    if cache is not None:
        keys = torch.cat([keys, cache[0]], dim=1)
        values = torch.cat([values, cache[1]], dim=1)
        seen = torch.cat([seen, torch.ones(new, cache[0].shape[1], dtype=torch.bool)], dim=1)
    scores = (x @ w_q) @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    return scores.masked_fill(~seen, -math.inf).softmax(dim=-1) @ values, (keys, values)


# %% wrong="cache: holds values first and keys second; breaks: the cache holds the keys and values of all the places, seen with a cache that is given or looked into"
def cached_attention(x, w_q, w_k, w_v, cache=None):
    keys, values = x @ w_k, x @ w_v
    if cache is not None:
        old_values, old_keys = cache
        keys, values = torch.cat([old_keys, keys], dim=1), torch.cat([old_values, values], dim=1)
    seen = torch.ones(x.shape[1], keys.shape[1], dtype=torch.bool).tril(keys.shape[1] - x.shape[1])
    scores = (x @ w_q) @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    return scores.masked_fill(~seen, -math.inf).softmax(dim=-1) @ values, (values, keys)


# %% wrong="cache: drops the old places when a whole prompt comes; breaks: a new place may look at all old ones, seen with two new places after old ones"
def cached_attention(x, w_q, w_k, w_v, cache=None):
    q, keys, values = x @ w_q, x @ w_k, x @ w_v
    if cache is not None:
        keys = torch.cat([cache[0], keys], dim=1)
        values = torch.cat([cache[1], values], dim=1)
    new = x.shape[1]
    if new == 1:
        return F.scaled_dot_product_attention(q, keys, values), (keys, values)
    found = F.scaled_dot_product_attention(q, keys[:, -new:], values[:, -new:], is_causal=True)
    return found, (keys, values)


# %% right="knobs: places compared in place of bincount, division by torch.div"
def greedy(logits: torch.Tensor) -> torch.Tensor:
    """The likeliest token at each place (…)."""
    return logits.argmax(dim=-1)


def at_temperature(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    """The logits at this temperature."""
    return torch.div(logits, temperature)


def penalised(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    """The logits, less the penalty for each time that a token occurs among ids."""
    counts = torch.eq(ids, torch.arange(len(logits))[:, None])
    return logits - penalty * counts.sum(dim=-1)


# %% right="knobs: max with its indices, bincount with None for the weights"
def greedy(logits: torch.Tensor) -> torch.Tensor:
    """The likeliest token at each place (…)."""
    return logits.max(-1).indices


def at_temperature(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    """The logits at this temperature."""
    return logits * (1 / temperature)


def penalised(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    """The logits, less the penalty for each time that a token occurs among ids."""
    counts = torch.bincount(ids, None, logits.shape[-1])
    return logits - counts.to(logits.dtype) * penalty


# %% right="knobs: topk of one, the penalty taken off an own copy token by token"
def greedy(logits):
    return torch.topk(logits, k=1, dim=-1).indices.squeeze(-1)


def at_temperature(logits, temperature):
    own = logits.clone()
    own /= temperature
    return own


def penalised(logits, ids, penalty):
    own = logits.clone()
    for token in ids.tolist():
        own[token] -= penalty
    return own


# %% wrong="knobs: greedy along axis 1; breaks: logits are (…, tokens), seen with one axis or three"
def greedy(logits: torch.Tensor) -> torch.Tensor:
    """The likeliest token at each place (…)."""
    return logits.argmax(1)


def at_temperature(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    """The logits at this temperature."""
    return logits / temperature


def penalised(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    """The logits, less the penalty for each time that a token occurs among ids."""
    counts = torch.bincount(ids, minlength=len(logits))
    return logits - penalty * counts


# %% wrong="knobs: at_temperature multiplies; breaks: divide the logits by a temperature, seen with 0.5"
def greedy(logits: torch.Tensor) -> torch.Tensor:
    """The likeliest token at each place (…)."""
    return logits.argmax(dim=-1)


def at_temperature(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    """The logits at this temperature."""
    return logits * temperature


def penalised(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    """The logits, less the penalty for each time that a token occurs among ids."""
    counts = torch.bincount(ids, minlength=len(logits))
    return logits - penalty * counts


# %% wrong="knobs: at_temperature returns chances; breaks: the logits at this temperature, seen with any logits"
def greedy(logits: torch.Tensor) -> torch.Tensor:
    """The likeliest token at each place (…)."""
    return logits.argmax(dim=-1)


def at_temperature(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    """The logits at this temperature."""
    return (logits / temperature).softmax(dim=-1)


def penalised(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    """The logits, less the penalty for each time that a token occurs among ids."""
    counts = torch.bincount(ids, minlength=len(logits))
    return logits - penalty * counts


# %% wrong="knobs: the penalty is cut to whole numbers; breaks: the penalty for each time, seen with 0.5 for a token that occurs once"
def greedy(logits: torch.Tensor) -> torch.Tensor:
    """The likeliest token at each place (…)."""
    return logits.argmax(dim=-1)


def at_temperature(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    """The logits at this temperature."""
    return logits / temperature


def penalised(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    """The logits, less the penalty for each time that a token occurs among ids."""
    counts = torch.bincount(ids, minlength=len(logits))
    return logits - (penalty * counts).to(ids.dtype)


# %% wrong="knobs: whatever was written pays once for each token of the whole text; breaks: the penalty for each time that a token occurs among ids, seen with ids of two different tokens"
def greedy(logits: torch.Tensor) -> torch.Tensor:
    """The likeliest token at each place (…)."""
    return logits.argmax(dim=-1)


def at_temperature(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    """The logits at this temperature."""
    return logits / temperature


def penalised(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    """The logits, less the penalty for each time that a token occurs among ids."""
    counts = torch.bincount(ids, minlength=len(logits))
    return logits - penalty * (counts > 0) * len(ids)


# %% wrong="knobs: temperatures below 0.1 count as 0.1; breaks: divide the logits by a temperature, seen with 0.01"
def greedy(logits: torch.Tensor) -> torch.Tensor:
    """The likeliest token at each place (…)."""
    return logits.argmax(dim=-1)


def at_temperature(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    """The logits at this temperature."""
    return logits / max(temperature, 0.1)


def penalised(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    """The logits, less the penalty for each time that a token occurs among ids."""
    counts = torch.bincount(ids, minlength=len(logits))
    return logits - penalty * counts


# %% right="tails: scatter of the largest into minus infinity, the nucleus from a shifted running sum"
def top_k(logits, k):
    values, places_of = logits.topk(min(max(k, 1), logits.shape[-1]), dim=-1)
    return torch.full_like(logits, -math.inf).scatter(-1, places_of, values)


def top_p(logits, p):
    ordered, places_of = logits.sort(dim=-1, descending=True)
    so_far = ordered.softmax(dim=-1).cumsum(dim=-1)
    keep = torch.cat([torch.zeros_like(so_far[..., :1]), so_far[..., :-1]], dim=-1) < p
    keep[..., 0] = True
    return torch.full_like(logits, -math.inf).scatter(-1, places_of, ordered.masked_fill(~keep, -math.inf))


# %% right="tails: row by row and token by token, with an early end"
def _head_of(row, enough):
    kept, total = row.new_full(row.shape, -math.inf), 0.0
    chances_of, heights = row.softmax(dim=0).tolist(), row.tolist()
    for number, token in enumerate(sorted(range(len(row)), key=heights.__getitem__, reverse=True), start=1):
        kept[token] = row[token]
        total += chances_of[token]
        if enough(number, total):
            break
    return kept


def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:
    rows_of = logits.reshape(-1, logits.shape[-1])
    return torch.stack([_head_of(row, lambda number, total: number >= k) for row in rows_of]).reshape(logits.shape)


def top_p(logits: torch.Tensor, p: float) -> torch.Tensor:
    rows_of = logits.reshape(-1, logits.shape[-1])
    return torch.stack([_head_of(row, lambda number, total: total >= p) for row in rows_of]).reshape(logits.shape)


# %% right="tails: each token counts those that are likelier, without any sorting"
def _likelier(logits):
    spot = torch.arange(logits.shape[-1])
    mine, other = logits[..., :, None], logits[..., None, :]
    return (other > mine) | ((other == mine) & (spot[None, :] < spot[:, None]))


def top_k(logits, k):
    rank = _likelier(logits).sum(dim=-1)
    return torch.where(rank < max(k, 1), logits, -math.inf)


def top_p(logits, p):
    ahead = _likelier(logits)
    chances_of = logits.softmax(dim=-1)
    before = (ahead * chances_of[..., None, :]).sum(dim=-1)
    inside = (before < p) | ~ahead.any(dim=-1)
    return logits.masked_fill(~inside, -math.inf)


# %% wrong="tails: top_k takes the k largest of the whole tensor; breaks: the k largest of each row, seen with two rows"
def top_k(logits, k):
    border = logits.flatten().topk(min(k, logits.numel())).values[-1]
    return logits.masked_fill(logits < border, -math.inf)


def top_p(logits, p):
    ordered, order = logits.sort(dim=-1, descending=True)
    chances_of = ordered.softmax(dim=-1)
    cut = chances_of.cumsum(dim=-1) - chances_of >= p
    return torch.full_like(logits, -math.inf).scatter(-1, order, ordered.masked_fill(cut, -math.inf))


# %% wrong="tails: top_p works along the first axis; breaks: logits (…, tokens), seen with two rows"
def top_k(logits, k):
    values, order = logits.topk(min(k, logits.shape[-1]), dim=-1)
    return torch.full_like(logits, -math.inf).scatter(-1, order, values)


def top_p(logits, p):
    ordered, order = logits.sort(dim=0, descending=True)
    chances_of = ordered.softmax(dim=0)
    cut = chances_of.cumsum(dim=0) - chances_of >= p
    return torch.full_like(logits, -math.inf).scatter(0, order, ordered.masked_fill(cut, -math.inf))


# %% wrong="tails: top_p takes exponentials of the logits for chances; breaks: chances of at least p in all, seen with logits that are not logarithms of chances"
def top_k(logits, k):
    values, order = logits.topk(min(k, logits.shape[-1]), dim=-1)
    return torch.full_like(logits, -math.inf).scatter(-1, order, values)


def top_p(logits, p):
    ordered, order = logits.sort(dim=-1, descending=True)
    chances_of = ordered.exp()
    cut = chances_of.cumsum(dim=-1) - chances_of >= p
    return torch.full_like(logits, -math.inf).scatter(-1, order, ordered.masked_fill(cut, -math.inf))


# %% wrong="tails: top_p returns logarithms of the chances; breaks: the logits with minus infinity outside the nucleus, seen with logits that are not normalised"
def top_k(logits, k):
    values, order = logits.topk(min(k, logits.shape[-1]), dim=-1)
    return torch.full_like(logits, -math.inf).scatter(-1, order, values)


def top_p(logits, p):
    ordered, order = logits.log_softmax(dim=-1).sort(dim=-1, descending=True)
    chances_of = ordered.exp()
    cut = chances_of.cumsum(dim=-1) - chances_of >= p
    return torch.full_like(logits, -math.inf).scatter(-1, order, ordered.masked_fill(cut, -math.inf))


# %% wrong="tails: top_k keeps the largest alone; breaks: all but the k largest, seen with k = 2"
def top_k(logits, k):
    largest = logits.argmax(dim=-1, keepdim=True)
    return torch.full_like(logits, -math.inf).scatter(-1, largest, logits.gather(-1, largest))


def top_p(logits, p):
    ordered, order = logits.sort(dim=-1, descending=True)
    chances_of = ordered.softmax(dim=-1)
    cut = chances_of.cumsum(dim=-1) - chances_of >= p
    return torch.full_like(logits, -math.inf).scatter(-1, order, ordered.masked_fill(cut, -math.inf))


# %% wrong="tails: the nucleus of the first row gives the number of tokens for all rows; breaks: as few as are needed in each row, seen with a sure and an unsure row"
def top_k(logits, k):
    values, order = logits.topk(min(k, logits.shape[-1]), dim=-1)
    return torch.full_like(logits, -math.inf).scatter(-1, order, values)


def top_p(logits, p):
    ordered = logits.sort(dim=-1, descending=True).values.softmax(dim=-1)
    before = ordered.cumsum(dim=-1) - ordered
    needed = int((before.reshape(-1, logits.shape[-1])[0] < p).sum())
    return top_k(logits, needed)


# %% wrong="tails: the nucleus is every token that has a chance above half of 1 - p; breaks: the fewest likeliest tokens with chances of at least p in all, seen with chances 0.4, 0.35, 0.25 at p = 0.7"
def top_k(logits, k):
    values, order = logits.topk(min(k, logits.shape[-1]), dim=-1)
    return torch.full_like(logits, -math.inf).scatter(-1, order, values)


def top_p(logits, p):
    chances_of = logits.softmax(dim=-1)
    keep = chances_of > (1 - p) / 2
    keep |= chances_of == chances_of.amax(dim=-1, keepdim=True)
    return logits.masked_fill(~keep, -math.inf)


# %% right="beam: a small class of beams and heapq"
class _Way:
    def __init__(self, ids, total, written, finished):
        self.ids, self.total, self.written, self.finished = ids, total, written, finished

    def longer(self, token, log, end):
        return _Way((*self.ids, token), self.total + log, self.written + 1, token == end)

    def score(self, alpha):
        return self.total / max(self.written, 1) ** alpha


def beam_search(log_chances, start, width, steps, end, alpha):
    import heapq

    ways = [_Way(tuple(start), 0.0, 0, False)]
    for _ in range(steps):
        candidates = []
        for way in ways:
            if way.finished:
                candidates.append(way)
            else:
                candidates += [way.longer(token, log, end) for token, log in enumerate(log_chances(way.ids).tolist())]
        ways = heapq.nlargest(width, candidates, key=lambda way: way.score(alpha))
    return max(ways, key=lambda way: way.score(alpha)).ids


# %% right="beam: plain tuples, sorted, with an early return when all are finished"
def beam_search(log_chances, start: tuple[int, ...], width: int, steps: int, end: int, alpha: float) -> tuple[int, ...]:
    """The tokens of the beam with the best sum of logarithms, divided by n to the power alpha."""
    first = len(start)

    def finished(ids):
        return len(ids) > first and ids[-1] == end

    beams = [(0.0, start)]
    for _ in range(steps):
        if all(finished(ids) for _, ids in beams):
            break
        grown = [beam for beam in beams if finished(beam[1])]
        for total, ids in beams:
            if not finished(ids):
                grown.extend((total + float(log), ids + (token,)) for token, log in enumerate(log_chances(ids)))
        grown.sort(key=lambda beam: beam[0] / (len(beam[1]) - first) ** alpha, reverse=True)
        beams = grown[:width]
    return beams[0][1]


# %% right="beam: sums in a dictionary by what was written, the choice by topk in doubles"
def beam_search(log_chances, start, width, steps, end, alpha):
    sums = {(): 0.0}
    for _ in range(steps):
        candidates = {}
        for written, total in sums.items():
            if end in written:
                candidates[written] = total
                continue
            for token, log in enumerate(log_chances(tuple(start) + written)):
                candidates[written + (token,)] = total + log.item()
        names = list(candidates)
        scores_of = torch.tensor([candidates[name] / len(name) ** alpha for name in names], dtype=torch.float64)
        best = scores_of.topk(min(width, len(names))).indices.tolist()
        sums = {names[place_of]: candidates[names[place_of]] for place_of in best}
    return tuple(start) + next(iter(sums))


# %% wrong="beam: no normalisation by length; breaks: divided by n to the power alpha, seen with alpha = 1 and a beam that ends early"
def beam_search(log_chances, start, width, steps, end, alpha):
    beams = [(0.0, tuple(start), False)]
    for _ in range(steps):
        candidates = []
        for total, ids, done in beams:
            if done:
                candidates.append((total, ids, True))
                continue
            for token, log in enumerate(log_chances(ids).tolist()):
                candidates.append((total + log, ids + (token,), token == end))
        candidates.sort(key=lambda beam: beam[0], reverse=True)
        beams = candidates[:width]
    return beams[0][1]


# %% wrong="beam: n counts the tokens of start too; breaks: n counts what was written after start, seen with alpha above 0 and a long start"
def beam_search(log_chances, start, width, steps, end, alpha):
    beams = [(0.0, tuple(start), False)]
    for _ in range(steps):
        candidates = []
        for total, ids, done in beams:
            if done:
                candidates.append((total, ids, True))
                continue
            for token, log in enumerate(log_chances(ids).tolist()):
                candidates.append((total + log, ids + (token,), token == end))
        candidates.sort(key=lambda beam: beam[0] / len(beam[1]) ** alpha, reverse=True)
        beams = candidates[:width]
    return beams[0][1]


# %% wrong="beam: a start that ends in end counts as finished; breaks: an end within start does not count, seen with such a start"
def beam_search(log_chances, start, width, steps, end, alpha):
    beams = [(0.0, tuple(start))]
    for _ in range(steps):
        candidates = []
        for total, ids in beams:
            if ids[-1] == end:
                candidates.append((total, ids))
                continue
            for token, log in enumerate(log_chances(ids).tolist()):
                candidates.append((total + log, ids + (token,)))
        candidates.sort(key=lambda beam: beam[0] / max(1, len(beam[1]) - len(start)) ** alpha, reverse=True)
        beams = candidates[:width]
    return beams[0][1]


# %% wrong="beam: finished beams are extended as well; breaks: a beam that has written end stays as it is, seen with more steps than the sentence is long"
def beam_search(log_chances, start, width, steps, end, alpha):
    beams = [(0.0, tuple(start))]
    for _ in range(steps):
        candidates = []
        for total, ids in beams:
            for token, log in enumerate(log_chances(ids).tolist()):
                candidates.append((total + log, ids + (token,)))
        candidates.sort(key=lambda beam: beam[0] / (len(beam[1]) - len(start)) ** alpha, reverse=True)
        beams = candidates[:width]
    return beams[0][1]


# %% wrong="beam: returns a finished beam if there is any, even a worse one; breaks: the best beam in the end, finished or not, seen with a finished beam in second place"
def beam_search(log_chances, start, width, steps, end, alpha):
    beams = [(0.0, tuple(start), False)]
    for _ in range(steps):
        candidates = []
        for total, ids, done in beams:
            if done:
                candidates.append((total, ids, True))
                continue
            for token, log in enumerate(log_chances(ids).tolist()):
                candidates.append((total + log, ids + (token,), token == end))
        candidates.sort(key=lambda beam: beam[0] / (len(beam[1]) - len(start)) ** alpha, reverse=True)
        beams = candidates[:width]
    ended = [beam for beam in beams if beam[2]]
    return (ended or beams)[0][1]


# %% wrong="beam: the rounds compare plain sums and only the end compares scores; breaks: the width with the best scores go on, seen with alpha = 1 and a finished beam among the candidates"
def beam_search(log_chances, start, width, steps, end, alpha):
    beams = [(0.0, tuple(start), False)]
    for _ in range(steps):
        candidates = []
        for total, ids, done in beams:
            if done:
                candidates.append((total, ids, True))
                continue
            for token, log in enumerate(log_chances(ids).tolist()):
                candidates.append((total + log, ids + (token,), token == end))
        beams = sorted(candidates, key=lambda beam: -beam[0])[:width]
    return max(beams, key=lambda beam: beam[0] / (len(beam[1]) - len(start)) ** alpha)[1]


# %% wrong="beam: keeps the score instead of the sum and adds to that; breaks: the sum of logarithms divided by n to the power alpha, seen with alpha above 0 and three steps"
def beam_search(log_chances, start, width, steps, end, alpha):
    beams = [(0.0, tuple(start), False)]
    for _ in range(steps):
        candidates = []
        for score, ids, done in beams:
            if done:
                candidates.append((score, ids, True))
                continue
            n = len(ids) + 1 - len(start)
            for token, log in enumerate(log_chances(ids).tolist()):
                candidates.append(((score + log) / n**alpha, ids + (token,), token == end))
        candidates.sort(key=lambda beam: beam[0], reverse=True)
        beams = candidates[:width]
    return beams[0][1]
