# Answers as somebody would write who has read only the released notebook: what `course audit` grades and counts apart.
# No student sees them.

# %% right="byte_pairs: regular counting with nested loops"
def commonest_pair(words):
    totals = collections.defaultdict(int)
    for word, count in words.items():
        for i in range(1, len(word)):
            totals[(word[i - 1], word[i])] += count
    return sorted(totals, key=lambda pair: totals[pair])[-1]


def merge(word, pair):
    result = []
    i = 0
    while i < len(word):
        if i < len(word) - 1 and word[i] == pair[0] and word[i + 1] == pair[1]:
            result.append(pair[0] + pair[1])
            i += 2
        else:
            result.append(word[i])
            i += 1
    return tuple(result)


def encode(word, merges):
    tokens = tuple(word)
    for pair in merges:
        tokens = merge(tokens, pair)
    return tokens


# %% right="byte_pairs: recursion"
def commonest_pair(words):
    counter = collections.Counter()
    for word in words:
        for left, right in zip(word, word[1:]):
            counter[left, right] += words[word]
    ((pair, _),) = counter.most_common(1)
    return pair


def merge(word, pair):
    if len(word) < 2:
        return tuple(word)
    if tuple(word[:2]) == tuple(pair):
        return (word[0] + word[1],) + merge(word[2:], pair)
    return (word[0],) + merge(word[1:], pair)


def encode(word, merges):
    return encode_tokens(tuple(word), list(merges))


def encode_tokens(tokens, merges):
    return tokens if not merges else encode_tokens(merge(tokens, merges[0]), merges[1:])


# %% right="byte_pairs: merges with a flag for what is used up"
def commonest_pair(words):
    every = [pair for word, count in words.items() for pair in list(zip(word, word[1:])) * count]
    return collections.Counter(every).most_common()[0][0]


def merge(word, pair):
    out, used = [], False
    for here, after in zip(word, [*word[1:], None]):
        if used:
            used = False
        elif (here, after) == pair:
            out.append(here + after)
            used = True
        else:
            out.append(here)
    return tuple(out)


def encode(word, merges):
    out = tuple(letter for letter in word)
    for i in range(len(merges)):
        out = merge(out, merges[i])
    return out


# %% wrong="byte_pairs: counts how many words have it; breaks: a word that occurs 10 times counts ten times"
def commonest_pair(words: dict[tuple[str, ...], int]) -> tuple[str, str]:
    """The commonest pair of neighbours in words, which says how often each word (a tuple of tokens) occurs."""
    pairs = collections.Counter()
    for word, count in words.items():
        for pair in itertools.pairwise(word):
            pairs[pair] = pairs[pair] + (count > 0)
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


# %% wrong="byte_pairs: from right to left; breaks: from left to right"
def commonest_pair(words: dict[tuple[str, ...], int]) -> tuple[str, str]:
    """The commonest pair of neighbours in words, which says how often each word (a tuple of tokens) occurs."""
    pairs = collections.Counter()
    for word, count in words.items():
        for pair in itertools.pairwise(word):
            pairs[pair] += count
    return max(pairs, key=pairs.get)


def merge(word: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    """The tokens of the word, with each occurrence of the pair joined into one token."""
    word, pair = tuple(t[::-1] for t in word[::-1]), tuple(t[::-1] for t in pair[::-1])
    joined, place = [], 0
    while place < len(word):
        size = 2 if tuple(word[place : place + 2]) == pair else 1
        joined.append("".join(word[place : place + size]))
        place += size
    return tuple(t[::-1] for t in joined[::-1])


def encode(word: str, merges: list[tuple[str, str]]) -> tuple[str, ...]:
    """The tokens of a word, after all these merges in this order."""
    tokens = tuple(word)
    for pair in merges:
        tokens = merge(tokens, pair)
    return tokens


# %% wrong="byte_pairs: returns the count; breaks: the pair"
def commonest_pair(words: dict[tuple[str, ...], int]) -> tuple[str, str]:
    """The commonest pair of neighbours in words, which says how often each word (a tuple of tokens) occurs."""
    pairs = collections.Counter()
    for word, count in words.items():
        for pair in itertools.pairwise(word):
            pairs[pair] += count
    return pairs.most_common(1)[0]


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


# %% wrong="byte_pairs: encodes each letter by itself; breaks: merges"
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
        tokens = tuple(t for token in tokens for t in merge((token,), pair))
    return tokens


# %% wrong="byte_pairs: the last merges first; breaks: the order learnt"
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
    for pair in merges[::-1]:
        tokens = merge(tokens, pair)
    return tokens


# %% wrong="byte_pairs: compares only the first token; breaks: a pair"
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
        size = 2 if word[place] == pair[0] and place + 1 < len(word) else 1
        joined.append("".join(word[place : place + size]))
        place += size
    return tuple(joined)


def encode(word: str, merges: list[tuple[str, str]]) -> tuple[str, ...]:
    """The tokens of a word, after all these merges in this order."""
    tokens = tuple(word)
    for pair in merges:
        tokens = merge(tokens, pair)
    return tokens


# %% right="tokenizer: by appending"
def tokenize(texts, ids, pad):
    rows = []
    for text in texts:
        rows.append([ids[token] for token in text.split()])
    longest = max(map(len, rows))
    masks = []
    for row in rows:
        mask = [1] * len(row)
        while len(row) < longest:
            row.append(pad)
            mask.append(0)
        masks.append(mask)
    return dict(input_ids=torch.tensor(rows), attention_mask=torch.tensor(masks))


def decode(batch, tokens):
    out = []
    for i in range(len(batch["input_ids"])):
        words = []
        for j in range(batch["input_ids"].shape[1]):
            if batch["attention_mask"][i, j] == 1:
                words.append(tokens[batch["input_ids"][i, j].item()])
        out.append(" ".join(words))
    return out


# %% right="tokenizer: the mask by comparing places with lengths"
def tokenize(texts, ids, pad):
    rows = [list(map(ids.get, text.split())) for text in texts]
    lengths = torch.tensor([len(row) for row in rows])
    longest = int(lengths.max())
    mask = (torch.arange(longest)[None] < lengths[:, None]).long()
    table = torch.tensor([row + [pad] * (longest - len(row)) for row in rows])
    return {"input_ids": table, "attention_mask": mask}


def decode(batch, tokens):
    return [
        " ".join(tokens[i] for i in row[seen > 0]) for row, seen in zip(batch["input_ids"], batch["attention_mask"])
    ]


# %% right="tokenizer: masked_select"
def tokenize(texts, ids, pad):
    import itertools

    rows = [[ids[t] for t in text.split()] for text in texts]
    ones = [[1 for _ in row] for row in rows]
    across = lambda table, fill: torch.tensor(list(itertools.zip_longest(*table, fillvalue=fill))).T
    return {"input_ids": across(rows, pad), "attention_mask": across(ones, 0)}


def decode(batch, tokens):
    pairs = zip(batch["input_ids"], batch["attention_mask"], strict=True)
    return [" ".join([tokens[i] for i in torch.masked_select(row, mask == 1).tolist()]) for row, mask in pairs]


# %% wrong="tokenizer: a mask of pads; breaks: 1 where real"
def tokenize(texts: list[str], ids: dict[str, int], pad: int) -> dict[str, torch.Tensor]:
    """The ids of the tokens of each text, and the mask that is 1 where they are real: (texts, longest) both."""
    rows = [[ids[token] for token in text.split()] for text in texts]
    longest = max(len(row) for row in rows)
    padded = [row + [pad] * (longest - len(row)) for row in rows]
    real = [[int(token == pad) for token in row] + [0] * (longest - len(row)) for row in rows]
    return {"input_ids": torch.tensor(padded), "attention_mask": torch.tensor(real)}


def decode(batch: dict[str, torch.Tensor], tokens: list[str]) -> list[str]:
    """The texts of a batch, without the padding."""
    texts = []
    for row, mask in zip(batch["input_ids"], batch["attention_mask"], strict=True):
        real = row[mask.bool()]
        texts.append(" ".join(tokens[token] for token in real.tolist()))
    return texts


# %% wrong="tokenizer: removes every pad id; breaks: a pad may be a real token"
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
        real = row[row != 0]
        texts.append(" ".join(tokens[token] for token in real.tolist()))
    return texts


# %% wrong="tokenizer: filled up to one more; breaks: (texts, longest)"
def tokenize(texts: list[str], ids: dict[str, int], pad: int) -> dict[str, torch.Tensor]:
    """The ids of the tokens of each text, and the mask that is 1 where they are real: (texts, longest) both."""
    rows = [[ids[token] for token in text.split()] for text in texts]
    longest = max(len(row) for row in rows) + 1
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


# %% wrong="tokenizer: joined without spaces; breaks: the texts again"
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
        texts.append("".join(tokens[token] for token in real.tolist()))
    return texts


# %% wrong="tokenizer: the mask counts places; breaks: 1 where real"
def tokenize(texts: list[str], ids: dict[str, int], pad: int) -> dict[str, torch.Tensor]:
    """The ids of the tokens of each text, and the mask that is 1 where they are real: (texts, longest) both."""
    rows = [[ids[token] for token in text.split()] for text in texts]
    longest = max(len(row) for row in rows)
    padded = [row + [pad] * (longest - len(row)) for row in rows]
    real = [list(range(1, len(row) + 1)) + [0] * (longest - len(row)) for row in rows]
    return {"input_ids": torch.tensor(padded), "attention_mask": torch.tensor(real)}


def decode(batch: dict[str, torch.Tensor], tokens: list[str]) -> list[str]:
    """The texts of a batch, without the padding."""
    texts = []
    for row, mask in zip(batch["input_ids"], batch["attention_mask"], strict=True):
        real = row[mask.bool()]
        texts.append(" ".join(tokens[token] for token in real.tolist()))
    return texts


# %% right="embedding: bmm-free: each place by itself"
def by_one_hot(ids, table):
    flat = ids.reshape(-1)
    hot = torch.zeros(len(flat), len(table), dtype=table.dtype)
    hot[torch.arange(len(flat)), flat] = 1
    return (hot @ table).reshape(*ids.shape, table.shape[1])


def output_shape(shape, tokens, d_model):
    return tuple(list(shape) + [d_model])


def table_slope(ids, grad, tokens):
    flat = grad.reshape(-1, grad.shape[-1])
    return torch.stack([flat[(ids == token).reshape(-1)].sum(0) for token in range(tokens)])


# %% right="embedding: autograd finds the slope"
def by_one_hot(ids, table):
    return F.one_hot(ids, num_classes=table.size(0)).type_as(table).matmul(table)


def output_shape(shape, tokens, d_model):
    return torch.empty(*shape, d_model, device="meta").shape


def table_slope(ids, grad, tokens):
    table = torch.zeros(tokens, grad.shape[-1], dtype=grad.dtype, requires_grad=True)
    return torch.autograd.grad((table[ids] * grad).sum(), table)[0]


# %% right="embedding: scatter_add"
def by_one_hot(ids, table):
    return torch.tensordot(F.one_hot(ids, len(table)).to(table.dtype), table, dims=1)


def output_shape(shape, tokens, d_model):
    return (*shape, d_model)


def table_slope(ids, grad, tokens):
    d_model = grad.shape[-1]
    places = ids.reshape(-1, 1).expand(-1, d_model)
    return torch.zeros(tokens, d_model, dtype=grad.dtype).scatter_add(0, places, grad.reshape(-1, d_model))


# %% wrong="embedding: the first occurrence only; breaks: added up"
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
    for place, number in reversed(list(enumerate(ids.flatten().tolist()))):
        summed[number] = grad.reshape(-1, grad.shape[-1])[place]
    return summed


# %% wrong="embedding: one row too many; breaks: (tokens, d_model)"
def by_one_hot(ids: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
    """The embeddings of the ids, as a matrix product: table is (tokens, d_model)."""
    hot = F.one_hot(ids, len(table)).to(table.dtype)
    return hot @ table


def output_shape(shape: tuple[int, ...], tokens: int, d_model: int) -> tuple[int, ...]:
    """The shape of nn.Embedding(tokens, d_model)(ids), where ids has this shape."""
    return (*shape, d_model)


def table_slope(ids: torch.Tensor, grad: torch.Tensor, tokens: int) -> torch.Tensor:
    """The slope of the table, where grad is the slope of the embeddings: (*ids.shape, d_model)."""
    summed = torch.zeros(tokens + 1, grad.shape[-1], dtype=grad.dtype)
    summed.index_add_(0, ids.flatten(), grad.reshape(-1, grad.shape[-1]))
    return summed


# %% wrong="embedding: shape of the one-hot rows; breaks: d_model"
def by_one_hot(ids: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
    """The embeddings of the ids, as a matrix product: table is (tokens, d_model)."""
    hot = F.one_hot(ids, len(table)).to(table.dtype)
    return hot @ table


def output_shape(shape: tuple[int, ...], tokens: int, d_model: int) -> tuple[int, ...]:
    """The shape of nn.Embedding(tokens, d_model)(ids), where ids has this shape."""
    return (*shape, tokens)


def table_slope(ids: torch.Tensor, grad: torch.Tensor, tokens: int) -> torch.Tensor:
    """The slope of the table, where grad is the slope of the embeddings: (*ids.shape, d_model)."""
    summed = torch.zeros(tokens, grad.shape[-1], dtype=grad.dtype)
    summed.index_add_(0, ids.flatten(), grad.reshape(-1, grad.shape[-1]))
    return summed


# %% wrong="embedding: ids one off; breaks: the row at the id"
def by_one_hot(ids: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
    """The embeddings of the ids, as a matrix product: table is (tokens, d_model)."""
    hot = F.one_hot((ids + 1) % len(table), len(table)).to(table.dtype)
    return hot @ table


def output_shape(shape: tuple[int, ...], tokens: int, d_model: int) -> tuple[int, ...]:
    """The shape of nn.Embedding(tokens, d_model)(ids), where ids has this shape."""
    return (*shape, d_model)


def table_slope(ids: torch.Tensor, grad: torch.Tensor, tokens: int) -> torch.Tensor:
    """The slope of the table, where grad is the slope of the embeddings: (*ids.shape, d_model)."""
    summed = torch.zeros(tokens, grad.shape[-1], dtype=grad.dtype)
    summed.index_add_(0, ids.flatten(), grad.reshape(-1, grad.shape[-1]))
    return summed


# %% wrong="embedding: only for two axes; breaks: any shape"
def by_one_hot(ids: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
    """The embeddings of the ids, as a matrix product: table is (tokens, d_model)."""
    hot = F.one_hot(ids, len(table)).to(table.dtype)
    return hot @ table


def output_shape(shape: tuple[int, ...], tokens: int, d_model: int) -> tuple[int, ...]:
    """The shape of nn.Embedding(tokens, d_model)(ids), where ids has this shape."""
    return (shape[0], shape[-1], d_model)


def table_slope(ids: torch.Tensor, grad: torch.Tensor, tokens: int) -> torch.Tensor:
    """The slope of the table, where grad is the slope of the embeddings: (*ids.shape, d_model)."""
    summed = torch.zeros(tokens, grad.shape[-1], dtype=grad.dtype)
    summed.index_add_(0, ids.flatten(), grad.reshape(-1, grad.shape[-1]))
    return summed


# %% right="skip_gram: enumerate twice, log1p exp with clamp"
def pairs(ids, window):
    result = []
    for i, a in enumerate(ids):
        for j in range(max(i - window, 0), min(i + window, len(ids) - 1) + 1):
            if i != j:
                result.append((a, ids[j]))
    return result


def skip_gram_loss(centers, neighbours, strangers):
    positive = -F.logsigmoid(torch.sum(centers * neighbours, 1))
    negative = -F.logsigmoid(-torch.bmm(strangers, centers.unsqueeze(2)).squeeze(2))
    return torch.mean(positive + negative.sum(1))


# %% right="skip_gram: logaddexp"
def pairs(ids, window):
    ahead = [(ids[i], ids[i + d]) for d in range(1, window + 1) for i in range(len(ids) - d)]
    return ahead + [(b, a) for a, b in ahead]


def skip_gram_loss(centers, neighbours, strangers):
    zero = torch.zeros((), dtype=centers.dtype)
    cost = torch.logaddexp(zero, -(centers * neighbours).sum(-1))
    cost = cost + torch.logaddexp(zero, (centers.unsqueeze(1) * strangers).sum(-1)).sum(-1)
    return cost.mean()


# %% right="skip_gram: row after row"
def pairs(ids, window):
    out = []
    for place in range(len(ids)):
        for step in range(-window, window + 1):
            if step and 0 <= place + step < len(ids):
                out.append((ids[place], ids[place + step]))
    return out


def skip_gram_loss(centers, neighbours, strangers):
    losses = []
    for c, n, others in zip(centers, neighbours, strangers):
        losses.append(-F.logsigmoid(c @ n) - F.logsigmoid(-(others @ c)).sum())
    return torch.stack(losses).mean()


# %% wrong="skip_gram: neighbours of both sides together at most window; breaks: at most window places apart"
def pairs(ids: list[int], window: int) -> list[tuple[int, int]]:
    """All pairs of a token and a neighbour of it that is at most window places away."""
    found = []
    for place, center in enumerate(ids):
        near = ids[max(0, place - window) : place] + ids[place + 1 : place + 1 + window // 2]
        found += [(center, neighbour) for neighbour in near]
    return found


def skip_gram_loss(centers: torch.Tensor, neighbours: torch.Tensor, strangers: torch.Tensor) -> torch.Tensor:
    """The mean loss of vectors (n, d) with those of real neighbours (n, d) and of strangers (n, k, d)."""
    real = F.logsigmoid((centers * neighbours).sum(dim=-1))
    drawn = F.logsigmoid(-torch.einsum("nd,nkd->nk", centers, strangers)).sum(dim=-1)
    return -(real + drawn).mean()


# %% wrong="skip_gram: no minus in front; breaks: a loss"
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
    return (real + drawn).mean()


# %% wrong="skip_gram: pairs turned with the window; breaks: every pair"
def pairs(ids: list[int], window: int) -> list[tuple[int, int]]:
    """All pairs of a token and a neighbour of it that is at most window places away."""
    found = []
    for place, center in enumerate(ids[: len(ids) - 1]):
        near = ids[max(0, place - window) : place] + ids[place + 1 : place + 1 + window]
        found += [(center, neighbour) for neighbour in near]
    return found


def skip_gram_loss(centers: torch.Tensor, neighbours: torch.Tensor, strangers: torch.Tensor) -> torch.Tensor:
    """The mean loss of vectors (n, d) with those of real neighbours (n, d) and of strangers (n, k, d)."""
    real = F.logsigmoid((centers * neighbours).sum(dim=-1))
    drawn = F.logsigmoid(-torch.einsum("nd,nkd->nk", centers, strangers)).sum(dim=-1)
    return -(real + drawn).mean()


# %% wrong="skip_gram: softmax over the strangers; breaks: L"
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
    drawn = -torch.einsum("nd,nkd->nk", centers, strangers).logsumexp(dim=-1)
    return -(real + drawn).mean()


# %% wrong="skip_gram: the strangers of the neighbours; breaks: c · s"
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
    drawn = F.logsigmoid(-torch.einsum("nd,nkd->nk", neighbours, strangers)).sum(dim=-1)
    return -(real + drawn).mean()


# %% right="rnn: a generator of chunks"
def cell(x, h, w_x, w_h, b):
    return F.tanh(F.linear(x, w_x.T) + F.linear(h, w_h.T, b))


def truncated(step, inputs, h, length):
    losses = []
    for start in range(0, len(inputs), length):
        h, loss = h.detach(), 0
        for place in range(start, min(start + length, len(inputs))):
            h, cost = step(inputs[place], h)
            loss += cost
        loss.backward()
        losses.append(loss.detach().item())
    return h.detach(), sum(losses)


# %% right="rnn: detach after each chunk, clone of the state"
def cell(x, h, w_x, w_h, b):
    return torch.addmm(b, x, w_x).addmm(h, w_h).tanh()


def truncated(step, inputs, h, length):
    total, state = 0.0, h.detach().clone()
    for chunk in inputs.split(length, dim=0):
        loss = torch.tensor(0.0)
        for x in chunk:
            state, cost = step(x, state)
            loss = loss + cost
        loss.backward()
        state = state.detach()
        total += loss.item()
    return state, total


# %% right="rnn: exponentials for tanh"
def cell(x, h, w_x, w_h, b):
    z = x @ w_x + h @ w_h + b
    return 2 * torch.sigmoid(2 * z) - 1


def truncated(step, inputs, h, length):
    total, place = 0.0, 0
    while place < len(inputs):
        h = h.detach()
        costs = []
        for x in inputs[place : place + length]:
            h, cost = step(x, h)
            costs.append(cost)
        sum(costs).backward()
        total += float(sum(costs))
        place += length
    return h.detach(), total


# %% wrong="rnn: backward once at the end; breaks: chunk by chunk"
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
        total += loss.item()
    loss.backward()
    return h.detach(), total


# %% wrong="rnn: the state is not handed on; breaks: its value goes on"
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
            _, cost = step(x, h)
            loss = loss + cost
        loss.backward()
        total += loss.item()
    return h.detach(), total


# %% wrong="rnn: total of the last chunk; breaks: all steps together"
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
        loss.backward()
        total = loss.item()
    return h.detach(), total


# %% wrong="rnn: matrices swapped; breaks: the formula"
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


# %% wrong="rnn: tanh before the state; breaks: the formula"
def cell(x: torch.Tensor, h: torch.Tensor, w_x: torch.Tensor, w_h: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The next state (batch, hidden), from x (batch, features) and the state h (batch, hidden)."""
    return torch.tanh(x @ w_x + b) + h @ w_h


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


# %% wrong="rnn: backward at each step; breaks: from a loss that is the sum"
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
            cost.backward(retain_graph=True)
        loss.backward()
        total += loss.item()
    return h.detach(), total


# %% right="attention: bmm on flattened batches"
def attention(queries, keys, values, mask=None):
    d = queries.shape[-1]
    scores = torch.matmul(queries, keys.swapaxes(-2, -1)) * (1 / math.sqrt(d))
    if mask is not None:
        scores = scores.masked_fill(mask.logical_not(), float("-inf"))
    weights = torch.softmax(scores, -1)
    return torch.matmul(weights, values), weights


# %% right="attention: log-softmax and exp"
def attention(queries, keys, values, mask=None):
    scores = (queries.unsqueeze(-2) * keys.unsqueeze(-3)).sum(-1) / queries.size(-1) ** 0.5
    if mask is not None:
        scores = torch.where(mask, scores, torch.full_like(scores, -math.inf))
    weights = F.log_softmax(scores, dim=-1).exp()
    return (weights.unsqueeze(-1) * values.unsqueeze(-3)).sum(-2), weights


# %% right="attention: keys scaled"
def attention(queries, keys, values, mask=None):
    scaled = keys / keys.shape[-1] ** 0.5
    scores = queries @ scaled.transpose(-2, -1)
    if mask is None:
        mask = torch.ones_like(scores, dtype=torch.bool)
    top = scores.masked_fill(~mask, -math.inf).amax(-1, keepdim=True).detach()
    powers = (scores.masked_fill(~mask, -math.inf) - top).exp()
    weights = powers / powers.sum(-1, keepdim=True)
    return weights @ values, weights


# %% wrong="attention: root of the batch; breaks: the length of a query"
def attention(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, mask: torch.Tensor | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """What each query finds (…, queries, v) and its weights (…, queries, keys)."""
    scores = queries @ keys.transpose(-1, -2) / queries.shape[0] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    weights = scores.softmax(dim=-1)
    return weights @ values, weights


# %% wrong="attention: multiplied by the root; breaks: divided"
def attention(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, mask: torch.Tensor | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """What each query finds (…, queries, v) and its weights (…, queries, keys)."""
    scores = queries @ keys.transpose(-1, -2) * queries.shape[-1] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    weights = scores.softmax(dim=-1)
    return weights @ values, weights


# %% wrong="attention: the mask multiplied before; breaks: minus infinity"
def attention(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, mask: torch.Tensor | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """What each query finds (…, queries, v) and its weights (…, queries, keys)."""
    scores = queries @ keys.transpose(-1, -2) / queries.shape[-1] ** 0.5
    if mask is not None:
        scores = scores * mask
    weights = scores.softmax(dim=-1)
    return weights @ values, weights


# %% wrong="attention: softmax along the rows; breaks: each row adds up to 1"
def attention(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, mask: torch.Tensor | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """What each query finds (…, queries, v) and its weights (…, queries, keys)."""
    scores = queries @ keys.transpose(-1, -2) / queries.shape[-1] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    weights = scores.softmax(dim=0)
    return weights @ values, weights


# %% wrong="attention: scores come back; breaks: weights"
def attention(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, mask: torch.Tensor | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """What each query finds (…, queries, v) and its weights (…, queries, keys)."""
    scores = queries @ keys.transpose(-1, -2) / queries.shape[-1] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    weights = scores.softmax(dim=-1)
    return weights @ values, scores


# %% wrong="attention: scores cut at 50; breaks: scores may be as large as 1,000"
def attention(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, mask: torch.Tensor | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """What each query finds (…, queries, v) and its weights (…, queries, keys)."""
    scores = queries @ keys.transpose(-1, -2) / queries.shape[-1] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    weights = scores.clamp(-20, 20).softmax(dim=-1)
    return weights @ values, weights


# %% right="causal: a loop over rows"
def causal(scores):
    out = scores.clone()
    for row in range(scores.shape[-1]):
        out[..., row, row + 1 :] = -math.inf
    return out


# %% right="causal: adds the upper triangle"
def causal(scores):
    n = scores.shape[-1]
    return scores + torch.full((n, n), -math.inf, dtype=scores.dtype).triu(1)


# %% right="causal: cumulative sums"
def causal(scores):
    seq = scores.shape[-1]
    past = torch.eye(seq).flip(1).cumsum(1).flip(1) > 0
    return torch.where(past, scores, float("-inf"))


# %% wrong="causal: the transposed mask; breaks: rows are queries"
def causal(scores: torch.Tensor) -> torch.Tensor:
    """The scores (…, seq, seq), with minus infinity wherever a query (row) would look at a later key (column)."""
    seq = scores.shape[-1]
    past = torch.ones(seq, seq, dtype=torch.bool).tril()
    return torch.where(past.T, scores, -math.inf)


# %% wrong="causal: batch instead of seq; breaks: the last axis"
def causal(scores: torch.Tensor) -> torch.Tensor:
    """The scores (…, seq, seq), with minus infinity wherever a query (row) would look at a later key (column)."""
    seq = scores.shape[0]
    past = torch.ones(seq, seq, dtype=torch.bool).tril()
    return torch.where(past, scores, -math.inf)


# %% wrong="causal: softmax at once; breaks: the scores"
def causal(scores: torch.Tensor) -> torch.Tensor:
    """The scores (…, seq, seq), with minus infinity wherever a query (row) would look at a later key (column)."""
    seq = scores.shape[-1]
    past = torch.ones(seq, seq, dtype=torch.bool).tril()
    return torch.where(past, scores, -math.inf).softmax(-1)


# %% wrong="causal: not a number; breaks: minus infinity"
def causal(scores: torch.Tensor) -> torch.Tensor:
    """The scores (…, seq, seq), with minus infinity wherever a query (row) would look at a later key (column)."""
    seq = scores.shape[-1]
    past = torch.ones(seq, seq, dtype=torch.bool).tril()
    return torch.where(past, scores, math.nan)


# %% wrong="causal: window of three; breaks: all others stay"
def causal(scores: torch.Tensor) -> torch.Tensor:
    """The scores (…, seq, seq), with minus infinity wherever a query (row) would look at a later key (column)."""
    seq = scores.shape[-1]
    past = torch.ones(seq, seq, dtype=torch.bool).tril().triu(-2)
    return torch.where(past, scores, -math.inf)


# %% right="leaky: where"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    """Causal attention of one head: (batch, seq, d_model) to (batch, seq, d_head)."""
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    scores = queries @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    seen = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).tril()
    weights = torch.where(seen, scores, -math.inf).softmax(dim=-1)
    return weights @ values


# %% right="leaky: compares places"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    """Causal attention of one head: (batch, seq, d_model) to (batch, seq, d_head)."""
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    scores = queries @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    seen = torch.arange(x.shape[1])[:, None] >= torch.arange(x.shape[1])[None]
    weights = scores.masked_fill(~seen, -math.inf).softmax(dim=-1)
    return weights @ values


# %% right="leaky: grows place by place"
def causal_head(x, w_q, w_k, w_v):
    q, k, v = x @ w_q, x @ w_k, x @ w_v
    rows = []
    for i in range(x.shape[1]):
        scores = torch.einsum("bd,bsd->bs", q[:, i], k[:, : i + 1]) / k.shape[-1] ** 0.5
        rows.append(torch.einsum("bs,bsd->bd", scores.softmax(-1), v[:, : i + 1]))
    return torch.stack(rows, dim=1)


# %% wrong="leaky: the transposed mask; breaks: no later place"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    """Causal attention of one head: (batch, seq, d_model) to (batch, seq, d_head)."""
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    scores = queries @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    seen = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).tril().T
    weights = scores.masked_fill(~seen, -math.inf).softmax(dim=-1)
    return weights @ values


# %% wrong="leaky: softmax over queries; breaks: weights add up to 1"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    """Causal attention of one head: (batch, seq, d_model) to (batch, seq, d_head)."""
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    scores = queries @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    seen = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).tril()
    weights = scores.masked_fill(~seen, -math.inf).softmax(dim=1)
    return weights @ values


# %% wrong="leaky: the values shifted instead; breaks: one mistake"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    """Causal attention of one head: (batch, seq, d_model) to (batch, seq, d_head)."""
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    scores = queries @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    seen = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).tril(diagonal=1)
    weights = scores.masked_fill(~seen, -math.inf).softmax(dim=-1)
    return weights @ values.roll(1, dims=1)


# %% wrong="leaky: divides by d; breaks: the root"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    """Causal attention of one head: (batch, seq, d_model) to (batch, seq, d_head)."""
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    scores = queries @ keys.transpose(1, 2) / keys.shape[-1]
    seen = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).tril()
    weights = scores.masked_fill(~seen, -math.inf).softmax(dim=-1)
    return weights @ values


# %% wrong="leaky: only itself; breaks: all places before"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    """Causal attention of one head: (batch, seq, d_model) to (batch, seq, d_head)."""
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    scores = queries @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    seen = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).tril().triu()
    weights = scores.masked_fill(~seen, -math.inf).softmax(dim=-1)
    return weights @ values


# %% right="multi_head: views and the ready-made attention"
def multi_head(x, w_q, w_k, w_v, w_o, heads, causal):
    B, T, D = x.shape
    q = torch.matmul(x, w_q).view(B, T, heads, D // heads).transpose(1, 2)
    k = torch.matmul(x, w_k).view(B, T, heads, D // heads).transpose(1, 2)
    v = torch.matmul(x, w_v).view(B, T, heads, D // heads).transpose(1, 2)
    y = F.scaled_dot_product_attention(q, k, v, is_causal=causal)
    y = y.transpose(1, 2).contiguous().view(B, T, D)
    return torch.matmul(y, w_o)


# %% right="multi_head: chunks, and the sum of what each head adds"
def multi_head(x, w_q, w_k, w_v, w_o, heads, causal):
    total = 0
    parts = zip(w_q.chunk(heads, 1), w_k.chunk(heads, 1), w_v.chunk(heads, 1), w_o.chunk(heads, 0))
    for a, b, c, out in parts:
        total = total + F.scaled_dot_product_attention(x @ a, x @ b, x @ c, is_causal=causal) @ out
    return total


# %% right="multi_head: heads folded into the batch"
def multi_head(x, w_q, w_k, w_v, w_o, heads, causal):
    batch, seq, d_model = x.shape
    fold = lambda t: torch.cat(t.split(d_model // heads, dim=-1), dim=0)
    q, k, v = fold(x @ w_q), fold(x @ w_k), fold(x @ w_v)
    mask = torch.ones(seq, seq, dtype=torch.bool)
    mask = mask.tril() if causal else mask
    y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    return torch.cat(y.split(batch, dim=0), dim=-1) @ w_o


# %% wrong="multi_head: view straight to heads; breaks: the drawing"
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
    q, k, v = ((x @ w).view(x.shape[0], heads, x.shape[1], x.shape[2] // heads) for w in (w_q, w_k, w_v))
    found = F.scaled_dot_product_attention(q, k, v, is_causal=causal)
    return found.reshape(x.shape) @ w_o


# %% wrong="multi_head: w_o before the heads are joined; breaks: mixes the heads"
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
    return (found @ w_o[: x.shape[-1] // heads, : x.shape[-1] // heads]).transpose(1, 2).flatten(-2)


# %% wrong="multi_head: causal the other way round; breaks: causal"
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
    found = F.scaled_dot_product_attention(q, k, v, is_causal=not causal)
    return found.transpose(1, 2).flatten(-2) @ w_o


# %% wrong="multi_head: adds x; breaks: attention only"
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
    return x + found.transpose(1, 2).flatten(-2) @ w_o


# %% wrong="multi_head: scores not divided; breaks: the root of its size"
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
    found = F.scaled_dot_product_attention(q, k, v, is_causal=causal, scale=1.0)
    return found.transpose(1, 2).flatten(-2) @ w_o


# %% wrong="multi_head: attends over heads; breaks: over places"
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
    q, k, v = ((x @ w).unflatten(-1, (heads, -1)).contiguous() for w in (w_q, w_k, w_v))
    found = F.scaled_dot_product_attention(q, k, v, is_causal=False)
    return found.flatten(-2) @ w_o


# %% right="bert_mlp: x behind"
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
        return self.norm(self.dropout(out) + x)


# %% right="bert_mlp: step by step"
class BertMLP(nn.Module):
    """Up, bend, down, with dropout, residual and norm: (…, d_model) in and out."""

    def __init__(self, d_model: int, d_hidden: int, dropout: float = 0.1):
        super().__init__()
        self.up = nn.Linear(d_model, d_hidden)
        self.down = nn.Linear(d_hidden, d_model)
        self.dropout = nn.Dropout(dropout)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        hidden = self.up(x)
        hidden = nn.functional.gelu(hidden)
        out = self.down(hidden)
        return self.norm(x + self.dropout(out))


# %% right="bert_mlp: GELU by the error function"
class BertMLP(nn.Module):
    """Up, bend, down, with dropout, residual and norm: (…, d_model) in and out."""

    def __init__(self, d_model: int, d_hidden: int, dropout: float = 0.1):
        super().__init__()
        self.up = nn.Linear(d_model, d_hidden)
        self.down = nn.Linear(d_hidden, d_model)
        self.dropout = nn.Dropout(dropout)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.down(self.up(x) * 0.5 * (1 + torch.erf(self.up(x) / math.sqrt(2))))
        return self.norm(x + self.dropout(out))


# %% wrong="bert_mlp: norm of x only; breaks: norm(x + dropout(MLP(x)))"
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
        return self.norm(x) + self.dropout(out)


# %% wrong="bert_mlp: GELU after down; breaks: up, bend, down"
class BertMLP(nn.Module):
    """Up, bend, down, with dropout, residual and norm: (…, d_model) in and out."""

    def __init__(self, d_model: int, d_hidden: int, dropout: float = 0.1):
        super().__init__()
        self.up = nn.Linear(d_model, d_hidden)
        self.down = nn.Linear(d_hidden, d_model)
        self.dropout = nn.Dropout(dropout)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = F.gelu(self.down(self.up(x)))
        return self.norm(x + self.dropout(out))


# %% wrong="bert_mlp: norm of the hidden size; breaks: d_model"
class BertMLP(nn.Module):
    """Up, bend, down, with dropout, residual and norm: (…, d_model) in and out."""

    def __init__(self, d_model: int, d_hidden: int, dropout: float = 0.1):
        super().__init__()
        self.up = nn.Linear(d_model, d_hidden)
        self.down = nn.Linear(d_hidden, d_model)
        self.dropout = nn.Dropout(dropout)
        self.norm = nn.LayerNorm(d_hidden)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.down(F.gelu(self.up(x)))
        return self.norm(x + self.dropout(out))


# %% wrong="bert_mlp: dropout on x; breaks: on what the MLP says"
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
        return self.norm(self.dropout(x) + out)


# %% wrong="bert_mlp: always drops; breaks: in training only"
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
        return self.norm(x + F.dropout(out, self.dropout.p))


# %% wrong="bert_mlp: sigmoid GELU; breaks: GELU"
class BertMLP(nn.Module):
    """Up, bend, down, with dropout, residual and norm: (…, d_model) in and out."""

    def __init__(self, d_model: int, d_hidden: int, dropout: float = 0.1):
        super().__init__()
        self.up = nn.Linear(d_model, d_hidden)
        self.down = nn.Linear(d_hidden, d_model)
        self.dropout = nn.Dropout(dropout)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.down(self.up(x) * torch.sigmoid(1.702 * self.up(x)))
        return self.norm(x + self.dropout(out))


# %% right="Block: with names for the steps"
class Block(nn.Module):
    """Attention and MLP with pre-norm and residuals: (batch, seq, d_model) in and out."""

    def __init__(self, d_model: int, attention: nn.Module, mlp: nn.Module):
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(d_model), attention
        self.norm2, self.mlp = nn.LayerNorm(d_model), mlp

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        a = self.attention(self.norm1(x))
        m = self.mlp(self.norm2(x + a))
        return x + a + m


# %% right="Block: torch.add"
class Block(nn.Module):
    """Attention and MLP with pre-norm and residuals: (batch, seq, d_model) in and out."""

    def __init__(self, d_model: int, attention: nn.Module, mlp: nn.Module):
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(d_model), attention
        self.norm2, self.mlp = nn.LayerNorm(d_model), mlp

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = torch.add(self.attention(self.norm1(x)), x)
        return x + self.mlp(self.norm2(x))


# %% right="Block: separate assignments"
class Block(nn.Module):
    def __init__(self, d_model: int, attention: nn.Module, mlp: nn.Module):
        super().__init__()
        self.norm1 = nn.LayerNorm(d_model)
        self.norm2 = nn.LayerNorm(d_model)
        self.attention = attention
        self.mlp = mlp

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        residual = x
        x = self.norm1(x)
        x = self.attention(x)
        x = residual + x
        residual = x
        x = self.norm2(x)
        x = self.mlp(x)
        return residual + x


# %% wrong="Block: residual of the start for both; breaks: what the first has written"
class Block(nn.Module):
    """Attention and MLP with pre-norm and residuals: (batch, seq, d_model) in and out."""

    def __init__(self, d_model: int, attention: nn.Module, mlp: nn.Module):
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(d_model), attention
        self.norm2, self.mlp = nn.LayerNorm(d_model), mlp

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        start = x
        x = x + self.attention(self.norm1(x))
        return start + self.mlp(self.norm2(x))


# %% wrong="Block: norms swapped; breaks: norm1 before attention"
class Block(nn.Module):
    """Attention and MLP with pre-norm and residuals: (batch, seq, d_model) in and out."""

    def __init__(self, d_model: int, attention: nn.Module, mlp: nn.Module):
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(d_model), attention
        self.norm2, self.mlp = nn.LayerNorm(d_model), mlp

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x + self.attention(self.norm2(x))
        return x + self.mlp(self.norm1(x))


# %% wrong="Block: a norm at the end as well; breaks: nothing but additions"
class Block(nn.Module):
    """Attention and MLP with pre-norm and residuals: (batch, seq, d_model) in and out."""

    def __init__(self, d_model: int, attention: nn.Module, mlp: nn.Module):
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(d_model), attention
        self.norm2, self.mlp = nn.LayerNorm(d_model), mlp

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x + self.attention(self.norm1(x))
        return self.norm2(x + self.mlp(self.norm2(x)))


# %% wrong="Block: normed after the part; breaks: before"
class Block(nn.Module):
    """Attention and MLP with pre-norm and residuals: (batch, seq, d_model) in and out."""

    def __init__(self, d_model: int, attention: nn.Module, mlp: nn.Module):
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(d_model), attention
        self.norm2, self.mlp = nn.LayerNorm(d_model), mlp

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x + self.norm1(self.attention(x))
        return x + self.mlp(self.norm2(x))


# %% wrong="Block: the shortcut is halved; breaks: added"
class Block(nn.Module):
    """Attention and MLP with pre-norm and residuals: (batch, seq, d_model) in and out."""

    def __init__(self, d_model: int, attention: nn.Module, mlp: nn.Module):
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(d_model), attention
        self.norm2, self.mlp = nn.LayerNorm(d_model), mlp

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x / 2 + self.attention(self.norm1(x))
        return x + self.mlp(self.norm2(x))


# %% right="gpt: a matrix product"
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
        return self.norm(x) @ self.token.weight.T


# %% right="gpt: positions as a row"
class GPT(nn.Module):
    """Logits for the next token at each place: (batch, seq) to (batch, seq, tokens)."""

    def __init__(self, tokens: int, seq: int, d_model: int, blocks: list[nn.Module]):
        super().__init__()
        self.token = nn.Embedding(tokens, d_model)
        self.position = nn.Embedding(seq, d_model)
        self.blocks = nn.ModuleList(blocks)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        places = torch.arange(0, ids.shape[1]).unsqueeze(0)
        x = self.token(ids) + self.position(places)
        for block in self.blocks:
            x = block(x)
        return torch.einsum("bsd,td->bst", self.norm(x), self.token.weight)


# %% right="gpt: other letters"
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
        return torch.einsum("ijk,lk->ijl", self.norm(x), self.token.weight)


# %% wrong="gpt: positions multiplied; breaks: plus"
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
        x = self.token(ids) * self.position(places)
        for block in self.blocks:
            x = block(x)
        return torch.einsum("bsd,td->bst", self.norm(x), self.token.weight)


# %% wrong="gpt: positions of the ids; breaks: of the place"
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
        x = self.token(ids) + self.position(ids % self.position.num_embeddings)
        for block in self.blocks:
            x = block(x)
        return torch.einsum("bsd,td->bst", self.norm(x), self.token.weight)


# %% wrong="gpt: norm in every round; breaks: after the blocks"
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
            x = self.norm(block(x))
        return torch.einsum("bsd,td->bst", self.norm(x), self.token.weight)


# %% wrong="gpt: blocks never called; breaks: some blocks"
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
            x = x + 0
        return torch.einsum("bsd,td->bst", self.norm(x), self.token.weight)


# %% wrong="gpt: tables swapped; breaks: as many rows as tokens"
class GPT(nn.Module):
    """Logits for the next token at each place: (batch, seq) to (batch, seq, tokens)."""

    def __init__(self, tokens: int, seq: int, d_model: int, blocks: list[nn.Module]):
        super().__init__()
        self.token = nn.Embedding(seq, d_model)
        self.position = nn.Embedding(tokens, d_model)
        self.blocks = nn.ModuleList(blocks)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        places = torch.arange(ids.shape[-1])
        x = self.token(ids) + self.position(places)
        for block in self.blocks:
            x = block(x)
        return torch.einsum("bsd,td->bst", self.norm(x), self.token.weight)


# %% right="count: one term after the other"
def gpt_parameters(tokens, seq, d_model, layers):
    total = tokens * d_model
    total += seq * d_model
    for _ in range(layers):
        total += 2 * d_model  # norm1
        total += 3 * (d_model * d_model + d_model)  # q, k, v
        total += d_model * d_model + d_model  # out
        total += 2 * d_model  # norm2
        total += d_model * (4 * d_model) + 4 * d_model
        total += (4 * d_model) * d_model + d_model
    return total + 2 * d_model


# %% right="count: linear layers by a helper"
def gpt_parameters(tokens, seq, d_model, layers):
    linear = lambda into, out: into * out + out
    block = 4 * linear(d_model, d_model) + linear(d_model, 4 * d_model) + linear(4 * d_model, d_model) + 4 * d_model
    return (tokens + seq) * d_model + layers * block + 2 * d_model


# %% right="count: builds it on the meta device"
def gpt_parameters(tokens, seq, d_model, layers):
    with torch.device("meta"):
        parts = [nn.Embedding(tokens, d_model), nn.Embedding(seq, d_model), nn.LayerNorm(d_model)]
        for _ in range(layers):
            parts += [
                nn.LayerNorm(d_model),
                nn.LayerNorm(d_model),
                nn.Linear(d_model, 4 * d_model),
                nn.Linear(4 * d_model, d_model),
            ]
            parts += [nn.Linear(d_model, d_model) for _ in range(4)]
    return sum(p.numel() for part in parts for p in part.parameters())


# %% wrong="count: 12 d squared a block; breaks: all biases"
def gpt_parameters(tokens: int, seq: int, d_model: int, layers: int) -> int:
    """The number of parameters of a GPT-2 of this size."""
    attention = 4 * (d_model * d_model + d_model)
    mlp = d_model * 4 * d_model + 4 * d_model + 4 * d_model * d_model + d_model
    norm = 2 * d_model
    return tokens * d_model + seq * d_model + layers * 12 * d_model * d_model + norm


# %% wrong="count: the output has a bias; breaks: tied"
def gpt_parameters(tokens: int, seq: int, d_model: int, layers: int) -> int:
    """The number of parameters of a GPT-2 of this size."""
    attention = 4 * (d_model * d_model + d_model)
    mlp = d_model * 4 * d_model + 4 * d_model + 4 * d_model * d_model + d_model
    norm = 2 * d_model
    return tokens + tokens * d_model + seq * d_model + layers * (attention + mlp + 2 * norm) + norm


# %% wrong="count: hidden units as wide as d_model; breaks: four times"
def gpt_parameters(tokens: int, seq: int, d_model: int, layers: int) -> int:
    """The number of parameters of a GPT-2 of this size."""
    attention = 4 * (d_model * d_model + d_model)
    mlp = 2 * (d_model * d_model + d_model)
    norm = 2 * d_model
    return tokens * d_model + seq * d_model + layers * (attention + mlp + 2 * norm) + norm


# %% wrong="count: positions in every layer; breaks: one table"
def gpt_parameters(tokens: int, seq: int, d_model: int, layers: int) -> int:
    """The number of parameters of a GPT-2 of this size."""
    attention = 4 * (d_model * d_model + d_model)
    mlp = d_model * 4 * d_model + 4 * d_model + 4 * d_model * d_model + d_model
    norm = 2 * d_model
    return tokens * d_model + layers * (seq * d_model + attention + mlp + 2 * norm) + norm


# %% wrong="count: the last norm in every layer; breaks: one"
def gpt_parameters(tokens: int, seq: int, d_model: int, layers: int) -> int:
    """The number of parameters of a GPT-2 of this size."""
    attention = 4 * (d_model * d_model + d_model)
    mlp = d_model * 4 * d_model + 4 * d_model + 4 * d_model * d_model + d_model
    norm = 2 * d_model
    return tokens * d_model + seq * d_model + layers * (attention + mlp + 3 * norm)


# %% right="cache: empty cache first"
def cached_attention(x, w_q, w_k, w_v, cache=None):
    k, v = x @ w_k, x @ w_v
    old = 0
    if cache is not None:
        old = cache[0].size(1)
        k = torch.cat((cache[0], k), dim=1)
        v = torch.cat((cache[1], v), dim=1)
    n = x.size(1)
    mask = torch.cat([torch.ones(n, old, dtype=torch.bool), torch.ones(n, n, dtype=torch.bool).tril()], dim=1)
    out = F.scaled_dot_product_attention(x @ w_q, k, v, attn_mask=mask)
    return out, (k, v)


# %% right="cache: triu with an offset"
def cached_attention(x, w_q, w_k, w_v, cache=None):
    keys = x @ w_k if cache is None else torch.cat([cache[0], x @ w_k], 1)
    values = x @ w_v if cache is None else torch.cat([cache[1], x @ w_v], 1)
    before = keys.shape[1] - x.shape[1]
    scores = torch.einsum("bnd,btd->bnt", x @ w_q, keys) / w_k.shape[1] ** 0.5
    hidden = torch.ones(scores.shape[1:]).triu(before + 1).bool()
    return torch.softmax(scores.masked_fill(hidden, -math.inf), -1) @ values, (keys, values)


# %% right="cache: list of growing rows"
def cached_attention(x, w_q, w_k, w_v, cache=None):
    q, k, v = x @ w_q, x @ w_k, x @ w_v
    if cache is not None:
        k, v = torch.hstack([cache[0], k]), torch.hstack([cache[1], v])
    start, rows = k.shape[1] - x.shape[1], []
    for i in range(x.shape[1]):
        upto = start + i + 1
        weights = torch.softmax((q[:, i : i + 1] @ k[:, :upto].mT) / k.shape[2] ** 0.5, dim=2)
        rows.append(weights @ v[:, :upto])
    return torch.cat(rows, dim=1), (k, v)


# %% wrong="cache: is_causal with a cache; breaks: a new place sees all old ones"
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
    past = torch.ones(new, every, dtype=torch.bool).tril(diagonal=0)
    scores = x @ w_q @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    return scores.masked_fill(~past, -math.inf).softmax(dim=-1) @ values, (keys, values)


# %% wrong="cache: only the last new place is found; breaks: the new places"
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
    return scores.masked_fill(~past, -math.inf).softmax(dim=-1)[:, -1:] @ values, (keys, values)


# %% wrong="cache: stacked along the batch; breaks: all places"
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
        keys, values = torch.cat([cache[0], keys], dim=0), torch.cat([cache[1], values], dim=1)
    new, every = x.shape[1], keys.shape[1]
    past = torch.ones(new, every, dtype=torch.bool).tril(diagonal=every - new)
    scores = x @ w_q @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    return scores.masked_fill(~past, -math.inf).softmax(dim=-1) @ values, (keys, values)


# %% wrong="cache: the cache is not returned whole; breaks: cache for the next call"
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
    return scores.masked_fill(~past, -math.inf).softmax(dim=-1) @ values, (keys[:, -new:], values[:, -new:])


# %% wrong="cache: scores of queries with x; breaks: keys"
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
    scores = x @ w_k @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    return scores.masked_fill(~past, -math.inf).softmax(dim=-1) @ values, (keys, values)


# %% wrong="cache: grows the caller's list; breaks: leaves its inputs"
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
        cache[0].mul_(1.01)
        keys, values = torch.cat([cache[0], keys], dim=1), torch.cat([cache[1], values], dim=1)
    new, every = x.shape[1], keys.shape[1]
    past = torch.ones(new, every, dtype=torch.bool).tril(diagonal=every - new)
    scores = x @ w_q @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    return scores.masked_fill(~past, -math.inf).softmax(dim=-1) @ values, (keys, values)


# %% right="knobs: topk and a loop over ids"
def greedy(logits):
    return logits.topk(1, dim=-1).indices.squeeze(-1)


def at_temperature(logits, temperature):
    return torch.div(logits, temperature)


def penalised(logits, ids, penalty):
    out = logits.clone()
    for token in ids.tolist():
        out[token] -= penalty
    return out


# %% right="knobs: numbers of equal ids"
def greedy(logits):
    return torch.argmax(logits, -1)


def at_temperature(logits, temperature):
    return logits * temperature**-1


def penalised(logits, ids, penalty):
    counts = (torch.arange(logits.numel())[:, None] == ids[None, :]).sum(1)
    return logits - penalty * counts.to(logits.dtype)


# %% right="knobs: sorted, scatter_add"
def greedy(logits):
    return logits.argsort(dim=-1, descending=True)[..., 0]


def at_temperature(logits, temperature):
    return logits / torch.tensor(temperature, dtype=logits.dtype)


def penalised(logits, ids, penalty):
    return logits.scatter_add(0, ids, torch.full(ids.shape, -penalty, dtype=logits.dtype))


# %% wrong="knobs: the unlikeliest; breaks: likeliest"
def greedy(logits: torch.Tensor) -> torch.Tensor:
    """The likeliest token at each place (…)."""
    return logits.argmin(dim=-1)


def at_temperature(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    """The logits at this temperature."""
    return logits / temperature


def penalised(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    """The logits, less the penalty for each time that a token occurs among ids."""
    counts = torch.bincount(ids, minlength=len(logits))
    return logits - penalty * counts


# %% wrong="knobs: keeps the axis; breaks: (…)"
def greedy(logits: torch.Tensor) -> torch.Tensor:
    """The likeliest token at each place (…)."""
    return logits.argmax(dim=-1, keepdim=True)


def at_temperature(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    """The logits at this temperature."""
    return logits / temperature


def penalised(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    """The logits, less the penalty for each time that a token occurs among ids."""
    counts = torch.bincount(ids, minlength=len(logits))
    return logits - penalty * counts


# %% wrong="knobs: minus the temperature; breaks: divide"
def greedy(logits: torch.Tensor) -> torch.Tensor:
    """The likeliest token at each place (…)."""
    return logits.argmax(dim=-1)


def at_temperature(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    """The logits at this temperature."""
    return logits - temperature


def penalised(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    """The logits, less the penalty for each time that a token occurs among ids."""
    counts = torch.bincount(ids, minlength=len(logits))
    return logits - penalty * counts


# %% wrong="knobs: the last token only; breaks: each time that a token occurs"
def greedy(logits: torch.Tensor) -> torch.Tensor:
    """The likeliest token at each place (…)."""
    return logits.argmax(dim=-1)


def at_temperature(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    """The logits at this temperature."""
    return logits / temperature


def penalised(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    """The logits, less the penalty for each time that a token occurs among ids."""
    counts = torch.bincount(ids[-1:], minlength=len(logits))
    return logits - penalty * counts


# %% wrong="knobs: in place; breaks: leaves its inputs"
def greedy(logits: torch.Tensor) -> torch.Tensor:
    """The likeliest token at each place (…)."""
    return logits.argmax(dim=-1)


def at_temperature(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    """The logits at this temperature."""
    return logits / temperature


def penalised(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    """The logits, less the penalty for each time that a token occurs among ids."""
    counts = torch.bincount(ids, minlength=len(logits))
    return logits.sub_(penalty * counts)


# %% right="tails: kthvalue and cumulative sums"
def top_k(logits, k):
    n = logits.shape[-1]
    if k >= n:
        return logits.clone()
    border = logits.kthvalue(n - k + 1, dim=-1, keepdim=True).values
    return logits.masked_fill(logits < border, float("-inf"))


def top_p(logits, p):
    values, indices = torch.sort(logits, descending=True, dim=-1)
    total = torch.softmax(values, -1).cumsum(-1)
    remove = total >= p
    remove = torch.cat([torch.zeros_like(remove[..., :1]), remove[..., :-1]], dim=-1)
    remove = torch.zeros_like(remove).scatter(-1, indices, remove)
    return logits.masked_fill(remove, float("-inf"))


# %% right="tails: smallest nucleus by counting"
def top_k(logits, k):
    keep = torch.zeros_like(logits, dtype=torch.bool)
    keep.scatter_(-1, logits.topk(min(k, logits.shape[-1])).indices, True)
    return torch.where(keep, logits, -math.inf)


def top_p(logits, p):
    ranked = logits.softmax(dim=-1).sort(dim=-1, descending=True).values.cumsum(dim=-1)
    many = ((ranked < p).sum(dim=-1, keepdim=True) + 1).clamp(max=logits.shape[-1])
    place = logits.argsort(dim=-1, descending=True).argsort(dim=-1)
    return torch.where(place < many, logits, -math.inf)


# %% right="tails: recursion over rows"
def top_k(logits, k):
    if logits.dim() > 1:
        return torch.stack([top_k(row, k) for row in logits])
    order = sorted(range(len(logits)), key=lambda i: -float(logits[i]))[:k]
    out = torch.full_like(logits, -math.inf)
    out[order] = logits[order]
    return out


def top_p(logits, p):
    if logits.dim() > 1:
        return torch.stack([top_p(row, p) for row in logits])
    chances = logits.softmax(0)
    k, total = 0, 0.0
    for chance in sorted(chances.tolist(), reverse=True):
        k, total = k + 1, total + chance
        if total >= p:
            break
    return top_k(logits, k)


# %% wrong="tails: at most p; breaks: at least p"
def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:
    """The logits, with minus infinity for all but the k largest of each row."""
    best = logits.topk(min(k, logits.shape[-1]), dim=-1)
    return torch.full_like(logits, -math.inf).scatter(-1, best.indices, best.values)


def top_p(logits: torch.Tensor, p: float) -> torch.Tensor:
    """The logits, with minus infinity outside the nucleus: the fewest likeliest tokens with chances of at least p in all."""
    ordered, places = logits.sort(dim=-1, descending=True)
    chances = ordered.softmax(dim=-1)
    first = torch.arange(logits.shape[-1]) == 0
    cut = ordered.masked_fill((chances.cumsum(dim=-1) > p) & ~first, -math.inf)
    return torch.empty_like(logits).scatter(-1, places, cut)


# %% wrong="tails: k smallest; breaks: k largest"
def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:
    """The logits, with minus infinity for all but the k largest of each row."""
    best = logits.topk(min(k, logits.shape[-1]), dim=-1, largest=False)
    return torch.full_like(logits, -math.inf).scatter(-1, best.indices, best.values)


def top_p(logits: torch.Tensor, p: float) -> torch.Tensor:
    """The logits, with minus infinity outside the nucleus: the fewest likeliest tokens with chances of at least p in all."""
    ordered, places = logits.sort(dim=-1, descending=True)
    chances = ordered.softmax(dim=-1)
    before = chances.cumsum(dim=-1) - chances
    first = torch.arange(logits.shape[-1]) == 0
    cut = ordered.masked_fill((before >= p) & ~first, -math.inf)
    return torch.empty_like(logits).scatter(-1, places, cut)


# %% wrong="tails: k − 1; breaks: the k largest"
def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:
    """The logits, with minus infinity for all but the k largest of each row."""
    best = logits.topk(max(1, min(k, logits.shape[-1]) - 1), dim=-1)
    return torch.full_like(logits, -math.inf).scatter(-1, best.indices, best.values)


def top_p(logits: torch.Tensor, p: float) -> torch.Tensor:
    """The logits, with minus infinity outside the nucleus: the fewest likeliest tokens with chances of at least p in all."""
    ordered, places = logits.sort(dim=-1, descending=True)
    chances = ordered.softmax(dim=-1)
    before = chances.cumsum(dim=-1) - chances
    first = torch.arange(logits.shape[-1]) == 0
    cut = ordered.masked_fill((before >= p) & ~first, -math.inf)
    return torch.empty_like(logits).scatter(-1, places, cut)


# %% wrong="tails: removes them; breaks: the same shape"
def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:
    """The logits, with minus infinity for all but the k largest of each row."""
    best = logits.topk(min(k, logits.shape[-1]), dim=-1)
    return best.values


def top_p(logits: torch.Tensor, p: float) -> torch.Tensor:
    """The logits, with minus infinity outside the nucleus: the fewest likeliest tokens with chances of at least p in all."""
    ordered, places = logits.sort(dim=-1, descending=True)
    chances = ordered.softmax(dim=-1)
    before = chances.cumsum(dim=-1) - chances
    first = torch.arange(logits.shape[-1]) == 0
    cut = ordered.masked_fill((before >= p) & ~first, -math.inf)
    return torch.empty_like(logits).scatter(-1, places, cut)


# %% wrong="tails: sums logits instead of chances; breaks: chances"
def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:
    """The logits, with minus infinity for all but the k largest of each row."""
    best = logits.topk(min(k, logits.shape[-1]), dim=-1)
    return torch.full_like(logits, -math.inf).scatter(-1, best.indices, best.values)


def top_p(logits: torch.Tensor, p: float) -> torch.Tensor:
    """The logits, with minus infinity outside the nucleus: the fewest likeliest tokens with chances of at least p in all."""
    ordered, places = logits.sort(dim=-1, descending=True)
    chances = ordered / ordered.sum(dim=-1, keepdim=True)
    before = chances.cumsum(dim=-1) - chances
    first = torch.arange(logits.shape[-1]) == 0
    cut = ordered.masked_fill((before >= p) & ~first, -math.inf)
    return torch.empty_like(logits).scatter(-1, places, cut)


# %% wrong="tails: first row decides; breaks: each row"
def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:
    """The logits, with minus infinity for all but the k largest of each row."""
    best = logits.topk(min(k, logits.shape[-1]), dim=-1)
    return torch.full_like(logits, -math.inf).scatter(-1, best.indices, best.values)


def top_p(logits: torch.Tensor, p: float) -> torch.Tensor:
    """The logits, with minus infinity outside the nucleus: the fewest likeliest tokens with chances of at least p in all."""
    ordered, places = logits.sort(dim=-1, descending=True)
    chances = ordered.softmax(dim=-1)
    before = chances.cumsum(dim=-1) - chances
    first = torch.arange(logits.shape[-1]) == 0
    cut = ordered.masked_fill((before.reshape(-1, before.shape[-1])[0] >= p) & ~first, -math.inf)
    return torch.empty_like(logits).scatter(-1, places, cut)


# %% right="beam: dictionaries of beams"
def beam_search(log_chances, start, width, steps, end, alpha):
    start = tuple(start)
    beams = {start: 0.0}
    value = lambda ids, total: total / (len(ids) - len(start)) ** alpha
    for _ in range(steps):
        grown = {}
        for ids, total in beams.items():
            if ids != start and ids[-1] == end:
                grown[ids] = total
            else:
                for token, chance in enumerate(log_chances(ids)):
                    grown[ids + (token,)] = total + chance.item()
        best = sorted(grown, key=lambda ids: value(ids, grown[ids]), reverse=True)[:width]
        beams = {ids: grown[ids] for ids in best}
    return max(beams, key=lambda ids: value(ids, beams[ids]))


# %% right="beam: stops when all are finished"
def beam_search(log_chances, start, width, steps, end, alpha):
    def score(beam):
        ids, total = beam
        return total / max(1, len(ids) - len(start)) ** alpha

    def finished(ids):
        return len(ids) > len(start) and ids[-1] == end

    beams = [(tuple(start), 0.0)]
    for _ in range(steps):
        if all(finished(ids) for ids, _ in beams):
            break
        pool = [beam for beam in beams if finished(beam[0])]
        for ids, total in beams:
            if not finished(ids):
                pool.extend((ids + (t,), total + float(c)) for t, c in enumerate(log_chances(ids)))
        pool.sort(key=score)
        beams = pool[-width:]
    return max(beams, key=score)[0]


# %% right="beam: lists of tokens, numpy sort"
def beam_search(log_chances, start, width, steps, end, alpha):
    import numpy as np

    beams = [([], 0.0)]
    for _ in range(steps):
        pool = []
        for written, total in beams:
            if written[-1:] == [end]:
                pool.append((written, total))
            else:
                chances = log_chances((*start, *written))
                pool += [(written + [i], total + float(chances[i])) for i in range(len(chances))]
        scores = np.array([total / len(written) ** alpha for written, total in pool])
        beams = [pool[i] for i in np.argsort(-scores, kind="stable")[:width]]
    return (*start, *beams[0][0])


# %% wrong="beam: stops at the first end; breaks: finished ones stay candidates"
def beam_search(log_chances, start: tuple[int, ...], width: int, steps: int, end: int, alpha: float) -> tuple[int, ...]:
    """The tokens of the beam with the best sum of logarithms, divided by n to the power alpha."""
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
        if beams[0][0][-1] == end:
            break
    return beams[0][0]


# %% wrong="beam: returns the longest; breaks: the best beam"
def beam_search(log_chances, start: tuple[int, ...], width: int, steps: int, end: int, alpha: float) -> tuple[int, ...]:
    """The tokens of the beam with the best sum of logarithms, divided by n to the power alpha."""
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
    return max(beams, key=lambda beam: len(beam[0]))[0]


# %% wrong="beam: width for each beam; breaks: of all the candidates"
def beam_search(log_chances, start: tuple[int, ...], width: int, steps: int, end: int, alpha: float) -> tuple[int, ...]:
    """The tokens of the beam with the best sum of logarithms, divided by n to the power alpha."""
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
        beams = sorted(candidates, key=score, reverse=True)[: width * max(1, len(beams))]
    return beams[0][0]


# %% wrong="beam: chances instead of their logarithms; breaks: logarithms"
def beam_search(log_chances, start: tuple[int, ...], width: int, steps: int, end: int, alpha: float) -> tuple[int, ...]:
    """The tokens of the beam with the best sum of logarithms, divided by n to the power alpha."""
    score = lambda beam: beam[1] / (len(beam[0]) - len(start)) ** alpha
    beams = [(tuple(start), 0.0)]
    for _ in range(steps):
        candidates = []
        for ids, total in beams:
            if len(ids) > len(start) and ids[-1] == end:
                candidates.append((ids, total))
            else:
                extras = enumerate(log_chances(ids).tolist())
                candidates += [((*ids, token), total + math.exp(extra)) for token, extra in extras]
        beams = sorted(candidates, key=score, reverse=True)[:width]
    return beams[0][0]


# %% wrong="beam: the score replaces the sum; breaks: the sum of its logarithms"
def beam_search(log_chances, start: tuple[int, ...], width: int, steps: int, end: int, alpha: float) -> tuple[int, ...]:
    """The tokens of the beam with the best sum of logarithms, divided by n to the power alpha."""
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
        beams = [(beam[0], score(beam)) for beam in sorted(candidates, key=score, reverse=True)[:width]]
    return beams[0][0]


# %% wrong="beam: finished beams get longer; breaks: as it is"
def beam_search(log_chances, start: tuple[int, ...], width: int, steps: int, end: int, alpha: float) -> tuple[int, ...]:
    """The tokens of the beam with the best sum of logarithms, divided by n to the power alpha."""
    score = lambda beam: beam[1] / (len(beam[0]) - len(start)) ** alpha
    beams = [(tuple(start), 0.0)]
    for _ in range(steps):
        candidates = []
        for ids, total in beams:
            if len(ids) > len(start) and ids[-1] == end:
                candidates.append(((*ids, end), total))
            else:
                extras = enumerate(log_chances(ids).tolist())
                candidates += [((*ids, token), total + extra) for token, extra in extras]
        beams = sorted(candidates, key=score, reverse=True)[:width]
    return beams[0][0]
