# Answers by a panel that read only the released notebook: what `course audit` grades and counts apart. No student sees them.

# %% right="byte_pairs: a Counter with zip, a stack in merge, functools.reduce in encode"
from functools import reduce


def commonest_pair(words: dict[tuple[str, ...], int]) -> tuple[str, str]:
    tally = collections.Counter()
    for word, often in words.items():
        for left, right in zip(word, word[1:]):
            tally[left, right] += often
    return tally.most_common(1)[0][0]


def merge(word: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    stack = []
    for token in word:
        if stack and stack[-1] == pair[0] and token == pair[1]:
            stack[-1] = stack[-1] + token
        else:
            stack.append(token)
    return tuple(stack)


def encode(word: str, merges: list[tuple[str, str]]) -> tuple[str, ...]:
    return reduce(merge, merges, tuple(word))


# %% right="byte_pairs: plain dictionaries and an index loop that jumps by two"
def commonest_pair(words: dict[tuple[str, ...], int]) -> tuple[str, str]:
    seen_so_often = {}
    for word in words:
        for place in range(len(word) - 1):
            key = (word[place], word[place + 1])
            seen_so_often[key] = seen_so_often.get(key, 0) + words[word]
    return max(seen_so_often, key=lambda key: seen_so_often[key])


def merge(word: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    result, place = (), 0
    while place < len(word):
        if tuple(word[place : place + 2]) == tuple(pair):
            result += (pair[0] + pair[1],)
            place += 2
        else:
            result += (word[place],)
            place += 1
    return result


def encode(word: str, merges: list[tuple[str, str]]) -> tuple[str, ...]:
    tokens = tuple(word)
    for pair in merges:
        if len(tokens) == 1:
            return tokens
        tokens = merge(tokens, pair)
    return tokens


# %% right="byte_pairs: a generator that swallows the second half of a pair"
def glued_tokens(word, pair):
    skip = False
    for here, after in itertools.zip_longest(word, word[1:]):
        if skip:
            skip = False
        elif here == pair[0] and after == pair[1]:
            skip = True
            yield here + after
        else:
            yield here


def commonest_pair(words: dict[tuple[str, ...], int]) -> tuple[str, str]:
    everything = sorted((both, count) for word, count in words.items() for both in itertools.pairwise(word))
    groups = itertools.groupby(everything, key=lambda entry: entry[0])
    return max((sum(count for _, count in group), both) for both, group in groups)[1]


def merge(word: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    return tuple(glued_tokens(word, pair))


def encode(word: str, merges: list[tuple[str, str]]) -> tuple[str, ...]:
    tokens = list(word)
    for pair in merges:
        tokens = list(glued_tokens(tokens, pair))
    return tuple(tokens)


# %% wrong="byte_pairs: each word counts once; breaks: a word that occurs 10 times counts ten times, seen with one frequent word against two rare ones"
def commonest_pair(words: dict[tuple[str, ...], int]) -> tuple[str, str]:
    counts = collections.Counter()
    for word in words:
        counts.update(itertools.pairwise(word))
    return counts.most_common(1)[0][0]


def merge(word: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    out, i = [], 0
    while i < len(word):
        if word[i : i + 2] == pair:
            out.append(pair[0] + pair[1])
            i += 2
        else:
            out.append(word[i])
            i += 1
    return tuple(out)


def encode(word: str, merges: list[tuple[str, str]]) -> tuple[str, ...]:
    tokens = tuple(word)
    for pair in merges:
        tokens = merge(tokens, pair)
    return tokens


# %% wrong="byte_pairs: merge by text replacement; breaks: each occurrence of the pair (and nothing else) becomes one token, seen with tokens (hu, g) and the pair (u, g)"
def commonest_pair(words: dict[tuple[str, ...], int]) -> tuple[str, str]:
    counts = collections.Counter()
    for word, count in words.items():
        for pair in itertools.pairwise(word):
            counts[pair] += count
    return max(counts, key=counts.get)


def merge(word: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    text = "|".join(word)
    return tuple(text.replace("|".join(pair), "".join(pair)).split("|"))


def encode(word: str, merges: list[tuple[str, str]]) -> tuple[str, ...]:
    tokens = tuple(word)
    for pair in merges:
        tokens = merge(tokens, pair)
    return tokens


# %% wrong="byte_pairs: encode takes the longest known token from the left; breaks: merges one pair after the other in the order learnt, seen with abc and the merges (b, c), (a, b)"
def commonest_pair(words: dict[tuple[str, ...], int]) -> tuple[str, str]:
    counts = collections.Counter()
    for word, count in words.items():
        for pair in itertools.pairwise(word):
            counts[pair] += count
    return max(counts, key=counts.get)


def merge(word: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    out, i = [], 0
    while i < len(word):
        if word[i : i + 2] == pair:
            out.append(pair[0] + pair[1])
            i += 2
        else:
            out.append(word[i])
            i += 1
    return tuple(out)


def encode(word: str, merges: list[tuple[str, str]]) -> tuple[str, ...]:
    known = {a + b for a, b in merges}
    tokens, start = [], 0
    while start < len(word):
        stop = len(word)
        while stop > start + 1 and word[start:stop] not in known:
            stop -= 1
        tokens.append(word[start:stop])
        start = stop
    return tuple(tokens)


# %% wrong="byte_pairs: a pair counts once in each word; breaks: in (o, o, o) the pair of two o's occurs twice, seen with words that repeat a pair"
def commonest_pair(words: dict[tuple[str, ...], int]) -> tuple[str, str]:
    counts = collections.Counter()
    for word, count in words.items():
        for pair in set(itertools.pairwise(word)):
            counts[pair] += count
    return max(counts, key=counts.get)


def merge(word: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    out, i = [], 0
    while i < len(word):
        if word[i : i + 2] == pair:
            out.append(pair[0] + pair[1])
            i += 2
        else:
            out.append(word[i])
            i += 1
    return tuple(out)


def encode(word: str, merges: list[tuple[str, str]]) -> tuple[str, ...]:
    tokens = tuple(word)
    for pair in merges:
        tokens = merge(tokens, pair)
    return tokens


# %% wrong="byte_pairs: encode pops the merges off the given list; breaks: it leaves its inputs unchanged, seen with the list after the first call"
def commonest_pair(words: dict[tuple[str, ...], int]) -> tuple[str, str]:
    counts = collections.Counter()
    for word, count in words.items():
        for pair in itertools.pairwise(word):
            counts[pair] += count
    return max(counts, key=counts.get)


def merge(word: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    out, i = [], 0
    while i < len(word):
        if word[i : i + 2] == pair:
            out.append(pair[0] + pair[1])
            i += 2
        else:
            out.append(word[i])
            i += 1
    return tuple(out)


def encode(word: str, merges: list[tuple[str, str]]) -> tuple[str, ...]:
    tokens = tuple(word)
    while merges:
        tokens = merge(tokens, merges.pop(0))
    return tokens


# %% right="tokenizer: the blanks filled, a comparison as the index"
def tokenize(texts: list[str], ids: dict[str, int], pad: int) -> dict[str, torch.Tensor]:
    rows = [[ids[token] for token in text.split()] for text in texts]
    longest = max(len(row) for row in rows)
    padded = [row + [pad] * (longest - len(row)) for row in rows]
    real = [[1] * len(row) + [0] * (longest - len(row)) for row in rows]
    return {"input_ids": torch.tensor(padded), "attention_mask": torch.tensor(real)}


def decode(batch: dict[str, torch.Tensor], tokens: list[str]) -> list[str]:
    texts = []
    for row, mask in zip(batch["input_ids"], batch["attention_mask"], strict=True):
        real = row[mask == 1]
        texts.append(" ".join(tokens[token] for token in real.tolist()))
    return texts


# %% right="tokenizer: pad_sequence of torch, and masked_select"
def tokenize(texts: list[str], ids: dict[str, int], pad: int) -> dict[str, torch.Tensor]:
    rows = [torch.tensor([ids[token] for token in text.split()]) for text in texts]
    padded = nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=pad)
    real = nn.utils.rnn.pad_sequence([torch.ones_like(row) for row in rows], batch_first=True)
    return {"input_ids": padded, "attention_mask": real}


def decode(batch: dict[str, torch.Tensor], tokens: list[str]) -> list[str]:
    texts = []
    for row, mask in zip(batch["input_ids"], batch["attention_mask"], strict=True):
        real = row.masked_select(mask.bool())
        texts.append(" ".join(map(tokens.__getitem__, real.tolist())))
    return texts


# %% right="tokenizer: filled tables and plain Python loops"
def tokenize(texts: list[str], ids: dict[str, int], pad: int) -> dict[str, torch.Tensor]:
    pieces_of = [text.split() for text in texts]
    size = (len(texts), max(map(len, pieces_of)))
    padded, real = torch.full(size, pad), torch.zeros(size, dtype=torch.long)
    for line, row in enumerate(pieces_of):
        for place, token in enumerate(row):
            padded[line, place] = ids[token]
            real[line, place] = 1
    return dict(input_ids=padded, attention_mask=real)


def decode(batch: dict[str, torch.Tensor], tokens: list[str]) -> list[str]:
    both = zip(batch["input_ids"].tolist(), batch["attention_mask"].tolist())
    return [" ".join(tokens[token] for token, keep in zip(row, mask) if keep) for row, mask in both]


# %% wrong="tokenizer: decode takes the first tokens of each row; breaks: decode takes batches that are padded in front as well, seen with a mask 0 1 1"
def tokenize(texts: list[str], ids: dict[str, int], pad: int) -> dict[str, torch.Tensor]:
    rows = [[ids[token] for token in text.split()] for text in texts]
    longest = max(len(row) for row in rows)
    padded = [row + [pad] * (longest - len(row)) for row in rows]
    real = [[1] * len(row) + [0] * (longest - len(row)) for row in rows]
    return {"input_ids": torch.tensor(padded), "attention_mask": torch.tensor(real)}


def decode(batch: dict[str, torch.Tensor], tokens: list[str]) -> list[str]:
    texts = []
    for row, mask in zip(batch["input_ids"], batch["attention_mask"], strict=True):
        real = row[: mask.sum()]
        texts.append(" ".join(tokens[token] for token in real.tolist()))
    return texts


# %% wrong="tokenizer: the mask looks for the pad id; breaks: the mask is 1 where tokens are real, seen with a text that contains the pad token"
def tokenize(texts: list[str], ids: dict[str, int], pad: int) -> dict[str, torch.Tensor]:
    rows = [[ids[token] for token in text.split()] for text in texts]
    longest = max(len(row) for row in rows)
    padded = [row + [pad] * (longest - len(row)) for row in rows]
    real = [[int(token != pad) for token in row] + [0] * (longest - len(row)) for row in rows]
    return {"input_ids": torch.tensor(padded), "attention_mask": torch.tensor(real)}


def decode(batch: dict[str, torch.Tensor], tokens: list[str]) -> list[str]:
    texts = []
    for row, mask in zip(batch["input_ids"], batch["attention_mask"], strict=True):
        real = row[mask.bool()]
        texts.append(" ".join(tokens[token] for token in real.tolist()))
    return texts


# %% wrong="tokenizer: the mask of numbers is used as places; breaks: decode returns the texts of a batch, seen with any row (it repeats tokens 0 and 1)"
def tokenize(texts: list[str], ids: dict[str, int], pad: int) -> dict[str, torch.Tensor]:
    rows = [[ids[token] for token in text.split()] for text in texts]
    longest = max(len(row) for row in rows)
    padded = [row + [pad] * (longest - len(row)) for row in rows]
    real = [[1] * len(row) + [0] * (longest - len(row)) for row in rows]
    return {"input_ids": torch.tensor(padded), "attention_mask": torch.tensor(real)}


def decode(batch: dict[str, torch.Tensor], tokens: list[str]) -> list[str]:
    texts = []
    for row, mask in zip(batch["input_ids"], batch["attention_mask"], strict=True):
        real = row[mask]
        texts.append(" ".join(tokens[token] for token in real.tolist()))
    return texts


# %% wrong="tokenizer: small letters only; breaks: leaves each piece as it is, seen with a token that has a capital"
def tokenize(texts: list[str], ids: dict[str, int], pad: int) -> dict[str, torch.Tensor]:
    rows = [[ids[token.lower()] for token in text.split()] for text in texts]
    longest = max(len(row) for row in rows)
    padded = [row + [pad] * (longest - len(row)) for row in rows]
    real = [[1] * len(row) + [0] * (longest - len(row)) for row in rows]
    return {"input_ids": torch.tensor(padded), "attention_mask": torch.tensor(real)}


def decode(batch: dict[str, torch.Tensor], tokens: list[str]) -> list[str]:
    texts = []
    for row, mask in zip(batch["input_ids"], batch["attention_mask"], strict=True):
        real = row[mask.bool()]
        texts.append(" ".join(tokens[token] for token in real.tolist()))
    return texts


# %% wrong="tokenizer: decode writes -1 into the ids of the batch; breaks: it leaves its inputs unchanged, seen with a batch that has padding"
def tokenize(texts: list[str], ids: dict[str, int], pad: int) -> dict[str, torch.Tensor]:
    rows = [[ids[token] for token in text.split()] for text in texts]
    longest = max(len(row) for row in rows)
    padded = [row + [pad] * (longest - len(row)) for row in rows]
    real = [[1] * len(row) + [0] * (longest - len(row)) for row in rows]
    return {"input_ids": torch.tensor(padded), "attention_mask": torch.tensor(real)}


def decode(batch: dict[str, torch.Tensor], tokens: list[str]) -> list[str]:
    texts = []
    for row, mask in zip(batch["input_ids"], batch["attention_mask"], strict=True):
        row[mask == 0] = -1
        real = row[row >= 0]
        texts.append(" ".join(tokens[token] for token in real.tolist()))
    return texts


# %% right="embedding: the blanks filled"
def by_one_hot(ids: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
    hot = F.one_hot(ids, len(table)).to(table.dtype)
    return hot @ table


def output_shape(shape: tuple[int, ...], tokens: int, d_model: int) -> tuple[int, ...]:
    return (*shape, d_model)


def table_slope(ids: torch.Tensor, grad: torch.Tensor, tokens: int) -> torch.Tensor:
    summed = torch.zeros(tokens, grad.shape[-1], dtype=grad.dtype)
    summed.index_add_(0, ids.reshape(-1), grad.reshape(-1, grad.shape[-1]))
    return summed


# %% right="embedding: one-hot rows by comparison, the slope as hot transposed times grad"
def by_one_hot(ids: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
    hot = (ids.unsqueeze(-1) == torch.arange(table.size(0))).to(table.dtype)
    return torch.matmul(hot, table)


def output_shape(shape: tuple[int, ...], tokens: int, d_model: int) -> tuple[int, ...]:
    return tuple(shape) + (d_model,)


def table_slope(ids: torch.Tensor, grad: torch.Tensor, tokens: int) -> torch.Tensor:
    hot = F.one_hot(ids.flatten(), num_classes=tokens).to(grad.dtype)
    return hot.T @ grad.reshape(-1, grad.shape[-1])


# %% right="embedding: F.linear with the table transposed, and a loop over the places"
def by_one_hot(ids: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
    tokens, _ = table.shape
    hot = F.one_hot(ids, num_classes=tokens).type_as(table)
    return F.linear(hot, table.t())


def output_shape(shape: tuple[int, ...], tokens: int, d_model: int) -> tuple[int, ...]:
    return tuple([*shape] + [d_model])


def table_slope(ids: torch.Tensor, grad: torch.Tensor, tokens: int) -> torch.Tensor:
    width = grad.shape[-1]
    summed = grad.new_zeros((tokens, width))
    for token, slope in zip(ids.flatten().tolist(), grad.reshape(-1, width), strict=True):
        summed[token] = summed[token] + slope
    return summed


# %% wrong="embedding: as many classes as the ids show; breaks: a matrix product with table (tokens, d_model), seen with ids without the last token"
def by_one_hot(ids: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
    hot = F.one_hot(ids, -1).to(table.dtype)
    return hot @ table


def output_shape(shape: tuple[int, ...], tokens: int, d_model: int) -> tuple[int, ...]:
    return (*shape, d_model)


def table_slope(ids: torch.Tensor, grad: torch.Tensor, tokens: int) -> torch.Tensor:
    summed = torch.zeros(tokens, grad.shape[-1], dtype=grad.dtype)
    summed.index_add_(0, ids.reshape(-1), grad.reshape(-1, grad.shape[-1]))
    return summed


# %% wrong="embedding: a repeated id counts once; breaks: slopes from all the places where a row was used are added up, seen with ids 2, 2"
def by_one_hot(ids: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
    hot = F.one_hot(ids, table.shape[0]).to(table.dtype)
    return hot @ table


def output_shape(shape: tuple[int, ...], tokens: int, d_model: int) -> tuple[int, ...]:
    return (*shape, d_model)


def table_slope(ids: torch.Tensor, grad: torch.Tensor, tokens: int) -> torch.Tensor:
    summed = torch.zeros(tokens, grad.shape[-1], dtype=grad.dtype)
    summed[ids.reshape(-1)] += grad.reshape(-1, grad.shape[-1])
    return summed


# %% wrong="embedding: output_shape for two axes only; breaks: ids has any shape, seen with the shape (5,) or (2, 3, 4)"
def by_one_hot(ids: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
    hot = F.one_hot(ids, table.shape[0]).to(table.dtype)
    return hot @ table


def output_shape(shape: tuple[int, ...], tokens: int, d_model: int) -> tuple[int, ...]:
    return (shape[0], shape[-1], d_model)


def table_slope(ids: torch.Tensor, grad: torch.Tensor, tokens: int) -> torch.Tensor:
    summed = torch.zeros(tokens, grad.shape[-1], dtype=grad.dtype)
    summed.index_add_(0, ids.reshape(-1), grad.reshape(-1, grad.shape[-1]))
    return summed


# %% wrong="embedding: the product is made in numpy; breaks: gradients flow back to table, seen with a table that requires them"
def by_one_hot(ids: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
    hot = F.one_hot(ids, table.shape[0]).to(table.dtype)
    return torch.as_tensor(hot.numpy() @ table.detach().numpy())


def output_shape(shape: tuple[int, ...], tokens: int, d_model: int) -> tuple[int, ...]:
    return (*shape, d_model)


def table_slope(ids: torch.Tensor, grad: torch.Tensor, tokens: int) -> torch.Tensor:
    summed = torch.zeros(tokens, grad.shape[-1], dtype=grad.dtype)
    summed.index_add_(0, ids.reshape(-1), grad.reshape(-1, grad.shape[-1]))
    return summed


# %% wrong="embedding: ids are not flattened; breaks: ids has any shape, seen with ids (2, 2) in table_slope"
def by_one_hot(ids: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
    hot = F.one_hot(ids, table.shape[0]).to(table.dtype)
    return hot @ table


def output_shape(shape: tuple[int, ...], tokens: int, d_model: int) -> tuple[int, ...]:
    return (*shape, d_model)


def table_slope(ids: torch.Tensor, grad: torch.Tensor, tokens: int) -> torch.Tensor:
    summed = torch.zeros(tokens, grad.shape[-1], dtype=grad.dtype)
    summed.index_add_(0, ids, grad.reshape(-1, grad.shape[-1]))
    return summed


# %% right="skip_gram: pairs gap by gap, the loss with softplus and einsum"
def pairs(ids: list[int], window: int) -> list[tuple[int, int]]:
    found = []
    for gap in range(1, window + 1):
        for early, late in zip(ids, ids[gap:]):
            found += [(early, late), (late, early)]
    return found


def skip_gram_loss(centers: torch.Tensor, neighbours: torch.Tensor, strangers: torch.Tensor) -> torch.Tensor:
    real = torch.einsum("nd,nd->n", centers, neighbours)
    false = torch.einsum("nd,nkd->nk", centers, strangers)
    return (F.softplus(-real) + F.softplus(false).sum(dim=1)).mean()


# %% right="skip_gram: a generator of pairs, the loss by logaddexp, a row at a time"
def pairs(ids: list[int], window: int) -> list[tuple[int, int]]:
    def around():
        for i, middle in enumerate(ids):
            for j in range(max(0, i - window), min(len(ids), i + window + 1)):
                if i != j:
                    yield middle, ids[j]

    return list(around())


def skip_gram_loss(centers: torch.Tensor, neighbours: torch.Tensor, strangers: torch.Tensor) -> torch.Tensor:
    costs = []
    for c, n, row in zip(centers, neighbours, strangers, strict=True):
        scores = torch.cat([-(c @ n).reshape(1), row @ c])
        costs.append(torch.logaddexp(torch.zeros_like(scores), scores).sum())
    return torch.stack(costs).mean()


# %% right="skip_gram: a comprehension, and the binary cross-entropy with logits"
def pairs(ids: list[int], window: int) -> list[tuple[int, int]]:
    n = len(ids)
    return [(ids[i], ids[j]) for i in range(n) for j in range(n) if 0 < abs(i - j) <= window]


def skip_gram_loss(centers: torch.Tensor, neighbours: torch.Tensor, strangers: torch.Tensor) -> torch.Tensor:
    both = torch.cat([neighbours.unsqueeze(1), strangers], dim=1)
    scores = (both @ centers.unsqueeze(2)).squeeze(2)
    answers = torch.zeros_like(scores)
    answers[:, 0] = 1
    return F.binary_cross_entropy_with_logits(scores, answers, reduction="sum") / len(scores)


# %% wrong="skip_gram: leaves out pairs of the same word; breaks: the same word may stand nearby once more, and counts then, seen with ids 3, 1, 4, 1"
def pairs(ids: list[int], window: int) -> list[tuple[int, int]]:
    found = []
    for i, middle in enumerate(ids):
        for other in ids[max(0, i - window) : i + window + 1]:
            if other != middle:
                found.append((middle, other))
    return found


def skip_gram_loss(centers: torch.Tensor, neighbours: torch.Tensor, strangers: torch.Tensor) -> torch.Tensor:
    real = F.logsigmoid((centers * neighbours).sum(-1))
    false = F.logsigmoid(-(strangers * centers[:, None]).sum(-1)).sum(-1)
    return -(real + false).mean()


# %% wrong="skip_gram: only the words exactly window places away; breaks: at most window places apart, seen with window 2"
def pairs(ids: list[int], window: int) -> list[tuple[int, int]]:
    found = []
    for i in range(len(ids)):
        if i - window >= 0:
            found.append((ids[i], ids[i - window]))
        if i + window < len(ids):
            found.append((ids[i], ids[i + window]))
    return found


def skip_gram_loss(centers: torch.Tensor, neighbours: torch.Tensor, strangers: torch.Tensor) -> torch.Tensor:
    real = F.logsigmoid((centers * neighbours).sum(-1))
    false = F.logsigmoid(-(strangers * centers[:, None]).sum(-1)).sum(-1)
    return -(real + false).mean()


# %% wrong="skip_gram: no minus before the scores of strangers; breaks: the formula of L, seen with any strangers that are not zero"
def pairs(ids: list[int], window: int) -> list[tuple[int, int]]:
    n = len(ids)
    return [(ids[i], ids[j]) for i in range(n) for j in range(max(0, i - window), min(n, i + window + 1)) if i != j]


def skip_gram_loss(centers: torch.Tensor, neighbours: torch.Tensor, strangers: torch.Tensor) -> torch.Tensor:
    real = F.logsigmoid((centers * neighbours).sum(-1))
    false = F.logsigmoid((strangers * centers[:, None]).sum(-1)).sum(-1)
    return -(real + false).mean()


# %% wrong="skip_gram: the logarithm of the sigmoid in two steps; breaks: scores may be as large as 1,000, seen with a neighbour's score of -1,000 (infinite)"
def pairs(ids: list[int], window: int) -> list[tuple[int, int]]:
    n = len(ids)
    return [(ids[i], ids[j]) for i in range(n) for j in range(max(0, i - window), min(n, i + window + 1)) if i != j]


def skip_gram_loss(centers: torch.Tensor, neighbours: torch.Tensor, strangers: torch.Tensor) -> torch.Tensor:
    real = torch.log(torch.sigmoid((centers * neighbours).sum(-1)))
    false = torch.log(torch.sigmoid(-(strangers * centers[:, None]).sum(-1))).sum(-1)
    return -(real + false).mean()


# %% wrong="skip_gram: strangers are detached, being only noise; breaks: gradients flow back to strangers, seen with strangers that require them"
def pairs(ids: list[int], window: int) -> list[tuple[int, int]]:
    n = len(ids)
    return [(ids[i], ids[j]) for i in range(n) for j in range(max(0, i - window), min(n, i + window + 1)) if i != j]


def skip_gram_loss(centers: torch.Tensor, neighbours: torch.Tensor, strangers: torch.Tensor) -> torch.Tensor:
    real = F.logsigmoid((centers * neighbours).sum(-1))
    false = F.logsigmoid(-torch.bmm(strangers.detach(), centers.unsqueeze(-1)).squeeze(-1)).sum(-1)
    return -(real + false).mean()


# %% right="rnn: the blanks filled"
def cell(x: torch.Tensor, h: torch.Tensor, w_x: torch.Tensor, w_h: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return torch.tanh(x @ w_x + h @ w_h + b)


def truncated(step, inputs, h: torch.Tensor, length: int) -> tuple[torch.Tensor, float]:
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


# %% right="rnn: one matrix product of what stands side by side; the costs of a chunk are collected and stacked"
def cell(x: torch.Tensor, h: torch.Tensor, w_x: torch.Tensor, w_h: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return torch.tanh(torch.cat([x, h], dim=1) @ torch.cat([w_x, w_h], dim=0) + b)


def truncated(step, inputs, h: torch.Tensor, length: int) -> tuple[torch.Tensor, float]:
    state, total, start = h, 0.0, 0
    while start < len(inputs):
        state, costs = state.detach().clone(), []
        for x in inputs[start : start + length]:
            state, cost = step(x, state)
            costs.append(cost)
        loss = torch.stack(costs).sum()
        loss.backward()
        total += float(loss.detach())
        start += length
    return state.detach(), total


# %% right="rnn: F.linear in the cell; one loop over all steps that walks back whenever a chunk is full or the text ends"
def cell(x: torch.Tensor, h: torch.Tensor, w_x: torch.Tensor, w_h: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return (F.linear(x, w_x.T, b) + F.linear(h, w_h.T)).tanh()


def truncated(step, inputs, h: torch.Tensor, length: int) -> tuple[torch.Tensor, float]:
    total, waiting = 0.0, None
    h = h.detach()
    last = len(inputs) - 1
    for number, x in enumerate(inputs):
        h, cost = step(x, h)
        waiting = cost if waiting is None else waiting + cost
        if (number + 1) % length == 0 or number == last:
            waiting.backward()
            total += waiting.item()
            h, waiting = h.detach(), None
    return h, total


# %% wrong="rnn: drops a chunk that is not full; breaks: the loss of all steps together, any size (a chunk that is not full), seen with 3 steps and length 2"
def cell(x: torch.Tensor, h: torch.Tensor, w_x: torch.Tensor, w_h: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return torch.tanh(x @ w_x + h @ w_h + b)


def truncated(step, inputs, h: torch.Tensor, length: int) -> tuple[torch.Tensor, float]:
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


# %% wrong="rnn: the loss is the last cost of a chunk; breaks: a loss that is the sum of its steps, seen with chunks of two steps"
def cell(x: torch.Tensor, h: torch.Tensor, w_x: torch.Tensor, w_h: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return torch.tanh(x @ w_x + h @ w_h + b)


def truncated(step, inputs, h: torch.Tensor, length: int) -> tuple[torch.Tensor, float]:
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


# %% wrong="rnn: the mean of a chunk; breaks: each from a loss that is the sum of its steps, seen with chunks of two steps"
def cell(x: torch.Tensor, h: torch.Tensor, w_x: torch.Tensor, w_h: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return torch.tanh(x @ w_x + h @ w_h + b)


def truncated(step, inputs, h: torch.Tensor, length: int) -> tuple[torch.Tensor, float]:
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


# %% wrong="rnn: the state is detached at every step; breaks: slopes walk back through the steps of a chunk, seen with chunks of two steps"
def cell(x: torch.Tensor, h: torch.Tensor, w_x: torch.Tensor, w_h: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return torch.tanh(x @ w_x + h @ w_h + b)


def truncated(step, inputs, h: torch.Tensor, length: int) -> tuple[torch.Tensor, float]:
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


# %% wrong="rnn: the first chunk starts from h itself; breaks: no slope reaches the h that it is given, seen with an h that requires gradients"
def cell(x: torch.Tensor, h: torch.Tensor, w_x: torch.Tensor, w_h: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return torch.tanh(x @ w_x + h @ w_h + b)


def truncated(step, inputs, h: torch.Tensor, length: int) -> tuple[torch.Tensor, float]:
    total = 0.0
    for start in range(0, len(inputs), length):
        h = h.detach() if start > 0 else h
        loss = torch.zeros(())
        for x in inputs[start : start + length]:
            h, cost = step(x, h)
            loss = loss + cost
        loss.backward()
        total += loss.item()
    return h.detach(), total


# %% right="attention: einsum and masked_fill"
def attention(queries, keys, values, mask=None):
    scores = torch.einsum("...qd,...kd->...qk", queries, keys) / math.sqrt(queries.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(mask.logical_not(), float("-inf"))
    weights = F.softmax(scores, dim=-1)
    return torch.einsum("...qk,...kv->...qv", weights, values), weights


# %% right="attention: a softmax of its own, with the largest score taken off first"
def own_soft_maximum(scores):
    powers = (scores - scores.amax(dim=-1, keepdim=True).detach()).exp()
    return powers / powers.sum(dim=-1, keepdim=True)


def attention(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, mask: torch.Tensor | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    scores = (queries * queries.shape[-1] ** -0.5) @ keys.mT
    if mask is not None:
        scores = torch.where(mask, scores, scores.new_tensor(-math.inf))
    weights = own_soft_maximum(scores)
    return weights @ values, weights


# %% right="attention: one query after the other, stacked in the end"
def attention(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, mask: torch.Tensor | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    d = queries.size(-1)
    shape = (*queries.shape[:-1], keys.shape[-2])
    allowed = torch.ones(shape, dtype=torch.bool) if mask is None else mask.expand(shape)
    found, shares = [], []
    for place in range(queries.shape[-2]):
        scores = (queries[..., place, None, :] * keys).sum(dim=-1) / d**0.5
        share = scores.masked_fill(~allowed[..., place, :], -math.inf).softmax(dim=-1)
        shares.append(share)
        found.append((share.unsqueeze(-1) * values).sum(dim=-2))
    return torch.stack(found, dim=-2), torch.stack(shares, dim=-2)


# %% wrong="attention: softmax along axis 1; breaks: each row of weights adds up to 1, a batch of any shape, seen with queries (2, 3, 4)"
def attention(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, mask: torch.Tensor | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    scores = queries @ keys.transpose(-1, -2) / queries.shape[-1] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    weights = torch.softmax(scores, dim=1)
    return weights @ values, weights


# %% wrong="attention: hides what may be seen; breaks: mask is True where a query may look, seen with any mask"
def attention(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, mask: torch.Tensor | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    scores = queries @ keys.transpose(-1, -2) / queries.shape[-1] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(mask, -math.inf)
    weights = torch.softmax(scores, dim=-1)
    return weights @ values, weights


# %% wrong="attention: the mask is applied to the weights; breaks: a score of -inf, and each row adds up to 1, seen with a mask that hides something"
def attention(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, mask: torch.Tensor | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    scores = queries @ keys.transpose(-1, -2) / queries.shape[-1] ** 0.5
    weights = torch.softmax(scores, dim=-1)
    if mask is not None:
        weights = weights * mask
    return weights @ values, weights


# %% wrong="attention: exp without taking the largest off; breaks: scores may be as large as 1,000, seen with a score of 1,000 (not a number)"
def attention(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, mask: torch.Tensor | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    powers = torch.exp(queries @ keys.transpose(-1, -2) / queries.shape[-1] ** 0.5)
    if mask is not None:
        powers = powers * mask
    weights = powers / powers.sum(-1, keepdim=True)
    return weights @ values, weights


# %% wrong="attention: divides the queries in place; breaks: it leaves its inputs unchanged, seen with queries after the call"
def attention(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, mask: torch.Tensor | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    queries /= queries.shape[-1] ** 0.5
    scores = queries @ keys.transpose(-1, -2)
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    weights = torch.softmax(scores, dim=-1)
    return weights @ values, weights


# %% right="causal: the blanks filled"
def causal(scores: torch.Tensor) -> torch.Tensor:
    seq = scores.shape[-1]
    past = torch.ones(seq, seq, dtype=torch.bool).tril()
    return torch.where(past, scores, -math.inf)


# %% right="causal: places compared, and masked_fill"
def causal(scores: torch.Tensor) -> torch.Tensor:
    place = torch.arange(scores.size(-1), device=scores.device)
    future = place[None, :] > place[:, None]
    return scores.masked_fill(future, float("-inf"))


# %% right="causal: row by row, glued together from the past and a piece of minus infinities"
def causal(scores: torch.Tensor) -> torch.Tensor:
    seq = scores.shape[-1]
    rows = []
    for place in range(seq):
        known = scores[..., place, : place + 1]
        hidden = scores.new_full((*known.shape[:-1], seq - place - 1), -math.inf)
        rows.append(torch.cat([known, hidden], dim=-1))
    return torch.stack(rows, dim=-2)


# %% wrong="causal: a large negative number; breaks: scores of the future become minus infinity, seen with the returned scores themselves"
def causal(scores: torch.Tensor) -> torch.Tensor:
    seq = scores.shape[-1]
    past = torch.ones(seq, seq, dtype=torch.bool).tril()
    return torch.where(past, scores, -1e9)


# %% wrong="causal: minus infinities of float64; breaks: returns tensors of the same type, seen with float32 scores"
def causal(scores: torch.Tensor) -> torch.Tensor:
    seq = scores.shape[-1]
    past = torch.ones(seq, seq, dtype=torch.bool).tril()
    return torch.where(past, scores, torch.full((seq, seq), -math.inf, dtype=torch.float64))


# %% wrong="causal: fills the given scores in place; breaks: it leaves its inputs unchanged, seen with the scores after the call"
def causal(scores: torch.Tensor) -> torch.Tensor:
    seq = scores.shape[-1]
    past = torch.ones(seq, seq, dtype=torch.bool).tril()
    scores.data.masked_fill_(~past, -math.inf)
    return scores


# %% wrong="causal: the first axis taken for the length; breaks: scores are (..., seq, seq), seen with a batch (2, 3, 3)"
def causal(scores: torch.Tensor) -> torch.Tensor:
    seq = scores.shape[0]
    past = torch.ones(seq, seq, dtype=torch.bool).tril()
    return torch.where(past, scores, -math.inf)


# %% wrong="causal: takes every zero for the future; breaks: all others stay, seen with a score of exactly 0 in the past"
def causal(scores: torch.Tensor) -> torch.Tensor:
    lower = scores.tril()
    return torch.where(lower != 0, lower, -math.inf)


# %% right="leaky: the diagonal repaired"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    scores = queries @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    seen = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).tril(diagonal=0)
    weights = scores.masked_fill(~seen, -math.inf).softmax(dim=-1)
    return weights @ values


# %% right="leaky: torch's own attention with is_causal"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    return F.scaled_dot_product_attention(x @ w_q, x @ w_k, x @ w_v, is_causal=True)


# %% right="leaky: one place after the other, which is shown its own beginning only"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    outputs = []
    for place in range(x.shape[1]):
        past_keys, past_values = keys[:, : place + 1], values[:, : place + 1]
        scores = queries[:, place : place + 1] @ past_keys.mT / keys.shape[-1] ** 0.5
        outputs.append(scores.softmax(dim=-1) @ past_values)
    return torch.cat(outputs, dim=1)


# %% wrong="leaky: only earlier places, except for the first; breaks: place i may look at places up to i (itself included), seen with the second token"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    scores = queries @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    seen = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).tril(diagonal=-1)
    seen[0, 0] = True  # otherwise the first row has nothing to look at
    weights = scores.masked_fill(~seen, -math.inf).softmax(dim=-1)
    return weights @ values


# %% wrong="leaky: repairs the diagonal and spoils the root; breaks: there is one mistake (the root was of d_head), seen with d_model 4 and d_head 3"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    scores = queries @ keys.transpose(1, 2) / x.shape[-1] ** 0.5
    seen = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).tril()
    weights = scores.masked_fill(~seen, -math.inf).softmax(dim=-1)
    return weights @ values


# %% wrong="leaky: hides the future from the first token only; breaks: causal attention, place i may look at places up to i only, seen with three tokens"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    scores = queries @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    seen = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).tril(diagonal=1)
    seen[0, 1:] = False
    weights = scores.masked_fill(~seen, -math.inf).softmax(dim=-1)
    return weights @ values


# %% wrong="leaky: the weights are made without gradients; breaks: gradients flow back to w_q and w_k, seen with matrices that require them"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    with torch.no_grad():
        queries, keys = x @ w_q, x @ w_k
        scores = queries @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
        seen = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).tril()
        weights = scores.masked_fill(~seen, -math.inf).softmax(dim=-1)
    return weights @ (x @ w_v)


# %% wrong="leaky: the softmax sees the future, its weights are struck out afterwards; breaks: rows that add up to 1, and a score of minus infinity, seen with two tokens"
def causal_head(x: torch.Tensor, w_q: torch.Tensor, w_k: torch.Tensor, w_v: torch.Tensor) -> torch.Tensor:
    queries, keys, values = x @ w_q, x @ w_k, x @ w_v
    scores = queries @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    seen = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).tril()
    weights = scores.softmax(dim=-1) * seen
    return weights @ values


# %% right="multi_head: unflatten and torch's attention for a batch of heads"
def multi_head(x, w_q, w_k, w_v, w_o, heads: int, causal: bool) -> torch.Tensor:
    q, k, v = ((x @ w).unflatten(-1, (heads, -1)).transpose(1, 2) for w in (w_q, w_k, w_v))
    found = F.scaled_dot_product_attention(q, k, v, is_causal=causal)
    return found.transpose(1, 2).flatten(-2) @ w_o


# %% right="multi_head: one head after the other, from slices of the columns"
def multi_head(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    w_o: torch.Tensor,
    heads: int,
    causal: bool,
) -> torch.Tensor:
    _, seq, d_model = x.shape
    size = d_model // heads
    seen = torch.ones(seq, seq, dtype=torch.bool)
    if causal:
        seen = seen.tril()
    side_by_side = []
    for first in range(0, d_model, size):
        columns = slice(first, first + size)
        q, k, v = x @ w_q[:, columns], x @ w_k[:, columns], x @ w_v[:, columns]
        scores = torch.bmm(q, k.transpose(1, 2)) / math.sqrt(size)
        weights = scores.masked_fill(~seen, -math.inf).softmax(-1)
        side_by_side.append(weights @ v)
    return torch.cat(side_by_side, dim=-1) @ w_o


# %% right="multi_head: everything in einsums, the matrices cut instead of the vectors"
def multi_head(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    w_o: torch.Tensor,
    heads: int,
    causal: bool,
) -> torch.Tensor:
    d_model = x.shape[-1]
    d_head = d_model // heads
    cut_up = [w.reshape(d_model, heads, d_head) for w in (w_q, w_k, w_v)]
    q, k, v = (torch.einsum("bsm,mhd->bhsd", x, w) for w in cut_up)
    scores = torch.einsum("bhid,bhjd->bhij", q, k) * d_head**-0.5
    if causal:
        place = torch.arange(x.shape[1])
        scores = scores.masked_fill(place[:, None] < place, float("-inf"))
    found = torch.einsum("bhij,bhjd->bihd", torch.softmax(scores, dim=-1), v)
    return torch.einsum("bihd,hdm->bim", found, w_o.reshape(heads, d_head, d_model))


# %% wrong="multi_head: the root of d_model; breaks: each head attends with the root of its size, seen with two heads"
def multi_head(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    w_o: torch.Tensor,
    heads: int,
    causal: bool,
) -> torch.Tensor:
    q, k, v = ((x @ w).unflatten(-1, (heads, -1)).transpose(1, 2) for w in (w_q, w_k, w_v))
    scores = q @ k.transpose(-1, -2) / x.shape[-1] ** 0.5
    if causal:
        seen = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).tril()
        scores = scores.masked_fill(~seen, -math.inf)
    return (scores.softmax(-1) @ v).transpose(1, 2).flatten(-2) @ w_o


# %% wrong="multi_head: masks the future whatever causal says; breaks: causal or both ways, seen with causal=False"
def multi_head(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    w_o: torch.Tensor,
    heads: int,
    causal: bool,
) -> torch.Tensor:
    q, k, v = ((x @ w).unflatten(-1, (heads, -1)).transpose(1, 2) for w in (w_q, w_k, w_v))
    found = F.scaled_dot_product_attention(q, k, v, is_causal=True)
    return found.transpose(1, 2).flatten(-2) @ w_o


# %% wrong="multi_head: no last matrix; breaks: a fourth matrix mixes the results, gradients flow back to w_o, seen with a w_o that is not the identity"
def multi_head(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    w_o: torch.Tensor,
    heads: int,
    causal: bool,
) -> torch.Tensor:
    q, k, v = ((x @ w).unflatten(-1, (heads, -1)).transpose(1, 2) for w in (w_q, w_k, w_v))
    found = F.scaled_dot_product_attention(q, k, v, is_causal=causal)
    return found.transpose(1, 2).flatten(-2)


# %% wrong="multi_head: every second column to a head; breaks: the first columns belong to the first head, the next ones to the second, seen with two heads of two numbers"
def multi_head(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    w_o: torch.Tensor,
    heads: int,
    causal: bool,
) -> torch.Tensor:
    batch, seq, d_model = x.shape
    split = lambda y: y.view(batch, seq, d_model // heads, heads).permute(0, 3, 1, 2)
    found = F.scaled_dot_product_attention(split(x @ w_q), split(x @ w_k), split(x @ w_v), is_causal=causal)
    return found.permute(0, 2, 1, 3).reshape(batch, seq, d_model) @ w_o


# %% wrong="multi_head: no transposition on the way back; breaks: the results stand side by side again, seen with three tokens and two heads"
def multi_head(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    w_o: torch.Tensor,
    heads: int,
    causal: bool,
) -> torch.Tensor:
    batch, seq, d_model = x.shape
    q, k, v = ((x @ w).view(batch, seq, heads, -1).transpose(1, 2) for w in (w_q, w_k, w_v))
    found = F.scaled_dot_product_attention(q, k, v, is_causal=causal)
    return found.reshape(batch, seq, d_model) @ w_o


# %% right="bert_mlp: the blanks filled"
class BertMLP(nn.Module):
    def __init__(self, d_model: int, d_hidden: int, dropout: float = 0.1):
        super().__init__()
        self.up = nn.Linear(d_model, d_hidden)
        self.down = nn.Linear(d_hidden, d_model)
        self.dropout = nn.Dropout(dropout)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.down(F.gelu(self.up(x)))
        return self.norm(x + self.dropout(out))


# %% right="bert_mlp: keyword arguments, and GELU from the error function"
class BertMLP(nn.Module):
    def __init__(self, d_model: int, d_hidden: int, dropout: float = 0.1):
        super().__init__()
        self.up = nn.Linear(in_features=d_model, out_features=d_hidden)
        self.down = nn.Linear(in_features=d_hidden, out_features=d_model)
        self.dropout = nn.Dropout(p=dropout)
        self.norm = nn.LayerNorm(normalized_shape=d_model)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        z = self.up(x)
        bent = z * 0.5 * (1 + torch.erf(z / math.sqrt(2)))
        return self.norm(self.dropout(self.down(bent)).add(x))


# %% right="bert_mlp: the norm computed by hand from the parameters of a LayerNorm"
class BertMLP(nn.Module):
    def __init__(self, d_model: int, d_hidden: int, dropout: float = 0.1):
        super().__init__()
        self.up, self.down = nn.Linear(d_model, d_hidden), nn.Linear(d_hidden, d_model)
        self.dropout, self.norm = nn.Dropout(dropout), nn.LayerNorm(d_model)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.down(F.gelu(self.up(x), approximate="none"))
        total = x + self.dropout(out)
        middle = total - total.mean(dim=-1, keepdim=True)
        variance = (middle * middle).mean(dim=-1, keepdim=True)
        return middle * torch.rsqrt(variance + self.norm.eps) * self.norm.weight + self.norm.bias


# %% wrong="bert_mlp: GELU by tanh; breaks: with the exact GELU, seen with inputs of up near 2 in float64"
class BertMLP(nn.Module):
    def __init__(self, d_model: int, d_hidden: int, dropout: float = 0.1):
        super().__init__()
        self.up = nn.Linear(d_model, d_hidden)
        self.down = nn.Linear(d_hidden, d_model)
        self.dropout = nn.Dropout(dropout)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.down(F.gelu(self.up(x), approximate="tanh"))
        return self.norm(x + self.dropout(out))


# %% wrong="bert_mlp: Dropout1d; breaks: a dropout that drops each number by itself, seen in training, where whole tokens are dropped"
class BertMLP(nn.Module):
    def __init__(self, d_model: int, d_hidden: int, dropout: float = 0.1):
        super().__init__()
        self.up = nn.Linear(d_model, d_hidden)
        self.down = nn.Linear(d_hidden, d_model)
        self.dropout = nn.Dropout1d(dropout)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.down(F.gelu(self.up(x)))
        return self.norm(x + self.dropout(out))


# %% wrong="bert_mlp: dropout on the sum; breaks: norm(x + dropout(MLP(x))), dropout on what the MLP says, seen in training, where parts of x vanish"
class BertMLP(nn.Module):
    def __init__(self, d_model: int, d_hidden: int, dropout: float = 0.1):
        super().__init__()
        self.up = nn.Linear(d_model, d_hidden)
        self.down = nn.Linear(d_hidden, d_model)
        self.dropout = nn.Dropout(dropout)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.down(F.gelu(self.up(x)))
        return self.norm(self.dropout(x + out))


# %% wrong="bert_mlp: dropout after the norm; breaks: norm(x + dropout(MLP(x))), seen in training, where numbers of the result are 0"
class BertMLP(nn.Module):
    def __init__(self, d_model: int, d_hidden: int, dropout: float = 0.1):
        super().__init__()
        self.up = nn.Linear(d_model, d_hidden)
        self.down = nn.Linear(d_hidden, d_model)
        self.dropout = nn.Dropout(dropout)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.down(F.gelu(self.up(x)))
        return self.dropout(self.norm(x + out))


# %% wrong="bert_mlp: the dropout is made and never used; breaks: norm(x + dropout(MLP(x))), seen in training, where nothing is dropped"
class BertMLP(nn.Module):
    def __init__(self, d_model: int, d_hidden: int, dropout: float = 0.1):
        super().__init__()
        self.up = nn.Linear(d_model, d_hidden)
        self.down = nn.Linear(d_hidden, d_model)
        self.dropout = nn.Dropout(dropout)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.down(F.gelu(self.up(x)))
        return self.norm(x + out)


# %% right="Block: straight from the two formulas"
class Block(nn.Module):
    def __init__(self, d_model: int, attention: nn.Module, mlp: nn.Module):
        super().__init__()
        self.norm1 = nn.LayerNorm(d_model)
        self.attention = attention
        self.norm2 = nn.LayerNorm(d_model)
        self.mlp = mlp

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x + self.attention(self.norm1(x))
        return x + self.mlp(self.norm2(x))


# %% right="Block: parts registered by name, and a loop over the two branches"
class Block(nn.Module):
    def __init__(self, d_model: int, attention: nn.Module, mlp: nn.Module):
        super().__init__()
        parts = {"norm1": nn.LayerNorm(d_model), "attention": attention, "norm2": nn.LayerNorm(d_model), "mlp": mlp}
        for name, part in parts.items():
            self.add_module(name, part)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        stream = x
        for norm, says in ((self.norm1, self.attention), (self.norm2, self.mlp)):
            stream = torch.add(stream, says(norm(stream)))
        return stream


# %% right="Block: a helper method for a branch, F.layer_norm with the parameters of the norms"
class Block(nn.Module):
    def __init__(self, d_model: int, attention: nn.Module, mlp: nn.Module):
        super().__init__()
        self.norm1, self.norm2 = (nn.LayerNorm(d_model) for _ in range(2))
        self.attention, self.mlp = attention, mlp

    @staticmethod
    def heard(norm, x):
        return F.layer_norm(x, norm.normalized_shape, weight=norm.weight, bias=norm.bias, eps=norm.eps)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        between = self.attention(self.heard(self.norm1, x)) + x
        return self.mlp(self.heard(self.norm2, between)) + between


# %% wrong="Block: both parts hear the input; breaks: the second step starts from what the first one made, seen with an attention that is not 0 and an MLP that listens"
class Block(nn.Module):
    def __init__(self, d_model: int, attention: nn.Module, mlp: nn.Module):
        super().__init__()
        self.norm1 = nn.LayerNorm(d_model)
        self.attention = attention
        self.norm2 = nn.LayerNorm(d_model)
        self.mlp = mlp

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.attention(self.norm1(x)) + self.mlp(self.norm2(x))


# %% wrong="Block: norm1 before both parts; breaks: x + MLP(norm2(x)), seen when the two norms have different weights"
class Block(nn.Module):
    def __init__(self, d_model: int, attention: nn.Module, mlp: nn.Module):
        super().__init__()
        self.norm1 = nn.LayerNorm(d_model)
        self.attention = attention
        self.norm2 = nn.LayerNorm(d_model)
        self.mlp = mlp

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x + self.attention(self.norm1(x))
        x = x + self.mlp(self.norm1(x))
        return x


# %% wrong="Block: adds in place; breaks: it leaves its inputs unchanged, seen with x after the call"
class Block(nn.Module):
    def __init__(self, d_model: int, attention: nn.Module, mlp: nn.Module):
        super().__init__()
        self.norm1 = nn.LayerNorm(d_model)
        self.attention = attention
        self.norm2 = nn.LayerNorm(d_model)
        self.mlp = mlp

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x += self.attention(self.norm1(x))
        x += self.mlp(self.norm2(x))
        return x


# %% wrong="Block: the MLP hears the stream without a norm; breaks: x + MLP(norm2(x)), seen with an MLP that listens"
class Block(nn.Module):
    def __init__(self, d_model: int, attention: nn.Module, mlp: nn.Module):
        super().__init__()
        self.norm1 = nn.LayerNorm(d_model)
        self.attention = attention
        self.norm2 = nn.LayerNorm(d_model)
        self.mlp = mlp

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x + self.attention(self.norm1(x))
        return x + self.mlp(x)


# %% wrong="Block: norms without scale and shift; breaks: weights can be loaded into the norms (each has a scale and a shift), seen with load_state_dict"
class Block(nn.Module):
    def __init__(self, d_model: int, attention: nn.Module, mlp: nn.Module):
        super().__init__()
        self.norm1 = nn.LayerNorm(d_model, elementwise_affine=False)
        self.attention = attention
        self.norm2 = nn.LayerNorm(d_model, elementwise_affine=False)
        self.mlp = mlp

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x + self.attention(self.norm1(x))
        return x + self.mlp(self.norm2(x))


# %% right="gpt: the blanks filled"
class GPT(nn.Module):
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
        return torch.einsum("bsd,td->bst", self.norm(x), self.token.weight)


# %% right="gpt: the first rows of the position table, and F.linear as the unembedding"
from functools import reduce as fold_up


class GPT(nn.Module):
    def __init__(self, tokens: int, seq: int, d_model: int, blocks: list[nn.Module]):
        super().__init__()
        self.token = nn.Embedding(num_embeddings=tokens, embedding_dim=d_model)
        self.position = nn.Embedding(num_embeddings=seq, embedding_dim=d_model)
        self.blocks = nn.ModuleList()
        for one in blocks:
            self.blocks.append(one)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        _, length = ids.shape
        start = self.token(ids) + self.position.weight[:length]
        final = fold_up(lambda stream, block: block(stream), self.blocks, start)
        return F.linear(self.norm(final), self.token.weight)


# %% right="gpt: a Sequential, which the text says would do here, and a product with the table transposed"
class GPT(nn.Module):
    def __init__(self, tokens: int, seq: int, d_model: int, blocks: list[nn.Module]):
        super().__init__()
        self.token = nn.Embedding(tokens, d_model)
        self.position = nn.Embedding(seq, d_model)
        self.blocks = nn.Sequential(*blocks)
        self.norm = nn.LayerNorm(d_model)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        places = torch.arange(ids.size(-1), device=ids.device).unsqueeze(0)
        stream = self.blocks(self.token(ids) + self.position(places))
        return self.norm(stream) @ self.token.weight.t()


# %% wrong="gpt: positions for the longest text; breaks: shorter ones are welcome, seen with three tokens where seq is 4"
class GPT(nn.Module):
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


# %% wrong="gpt: no last norm; breaks: a last layer norm before the unembedding, seen with any text"
class GPT(nn.Module):
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


# %% wrong="gpt: a plain list; breaks: parameters() finds the blocks (why a ModuleList), seen with load_state_dict"
class GPT(nn.Module):
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


# %% wrong="gpt: adds the stream once more around each block; breaks: some blocks, one after the other, seen with any block (it has its residuals inside)"
class GPT(nn.Module):
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
            x = x + block(x)
        return torch.einsum("bsd,td->bst", self.norm(x), self.token.weight)


# %% wrong="gpt: a matrix of its own for the unembedding; breaks: the unembedding is tied to the embedding, seen with the logits and the number of parameters"
class GPT(nn.Module):
    def __init__(self, tokens: int, seq: int, d_model: int, blocks: list[nn.Module]):
        super().__init__()
        self.token = nn.Embedding(tokens, d_model)
        self.position = nn.Embedding(seq, d_model)
        self.blocks = nn.ModuleList(blocks)
        self.norm = nn.LayerNorm(d_model)
        self.head = nn.Linear(d_model, tokens, bias=False)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        places = torch.arange(ids.shape[1])
        x = self.token(ids) + self.position(places)
        for block in self.blocks:
            x = block(x)
        return torch.einsum("bsd,td->bst", self.norm(x), self.head.weight)


# %% right="count: one closed formula"
def gpt_parameters(tokens: int, seq: int, d_model: int, layers: int) -> int:
    return d_model * (tokens + seq + layers * (12 * d_model + 13) + 2)


# %% right="count: a list of the shapes of all parameters, multiplied out"
def gpt_parameters(tokens: int, seq: int, d_model: int, layers: int) -> int:
    hidden = 4 * d_model
    block = 4 * [(d_model, d_model), (d_model,)] + 2 * [(d_model,), (d_model,)]
    block += [(d_model, hidden), (hidden,), (hidden, d_model), (d_model,)]
    shapes = [(tokens, d_model), (seq, d_model)] + layers * block + [(d_model,), (d_model,)]
    return sum(math.prod(shape) for shape in shapes)


# %% right="count: the layers are built without memory, on the meta device, and asked"
def gpt_parameters(tokens: int, seq: int, d_model: int, layers: int) -> int:
    size_of = lambda module: sum(p.numel() for p in module.parameters())
    with torch.device("meta"):
        ends = [nn.Embedding(tokens, d_model), nn.Embedding(seq, d_model), nn.LayerNorm(d_model)]
        inside = [nn.Linear(d_model, d_model) for _ in range(4)] + [nn.LayerNorm(d_model) for _ in range(2)]
        inside += [nn.Linear(d_model, 4 * d_model), nn.Linear(4 * d_model, d_model)]
    return sum(map(size_of, ends)) + layers * sum(map(size_of, inside))


# %% wrong="count: the last norm is counted in each layer; breaks: one norm after the last block, any size (no layers), seen with layers 0 or 2"
def gpt_parameters(tokens: int, seq: int, d_model: int, layers: int) -> int:
    attention_part = 4 * (d_model * d_model + d_model)
    mlp_part = d_model * 4 * d_model + 4 * d_model + 4 * d_model * d_model + d_model
    norms = 3 * 2 * d_model
    return tokens * d_model + seq * d_model + layers * (attention_part + mlp_part + norms)


# %% wrong="count: a norm has two numbers; breaks: scale and shift of a norm are vectors of d_model numbers, seen with d_model above 1"
def gpt_parameters(tokens: int, seq: int, d_model: int, layers: int) -> int:
    attention_part = 4 * (d_model * d_model + d_model)
    mlp_part = d_model * 4 * d_model + 4 * d_model + 4 * d_model * d_model + d_model
    norm = 2
    return tokens * d_model + seq * d_model + layers * (attention_part + mlp_part + 2 * norm) + norm


# %% wrong="count: the MLP's matrices lack a factor; breaks: both layers of the MLP with 4 d_model hidden units, seen with d_model above 1"
def gpt_parameters(tokens: int, seq: int, d_model: int, layers: int) -> int:
    attention_part = 4 * (d_model**2 + d_model)
    mlp_part = 4 * d_model + 4 * d_model + 4 * d_model + d_model
    norms = 2 * 2 * d_model
    return tokens * d_model + seq * d_model + layers * (attention_part + mlp_part + norms) + 2 * d_model


# %% wrong="count: one number for a position; breaks: an embedding of the position, d_model numbers each, seen with d_model above 1"
def gpt_parameters(tokens: int, seq: int, d_model: int, layers: int) -> int:
    attention_part = 4 * (d_model**2 + d_model)
    mlp_part = 8 * d_model**2 + 5 * d_model
    norms = 4 * d_model
    return tokens * d_model + seq + layers * (attention_part + mlp_part + norms) + 2 * d_model


# %% wrong="count: the unembedding is counted again; breaks: the unembedding is tied, seen with any size"
def gpt_parameters(tokens: int, seq: int, d_model: int, layers: int) -> int:
    attention_part = 4 * (d_model**2 + d_model)
    mlp_part = 8 * d_model**2 + 5 * d_model
    norms = 4 * d_model
    return 2 * tokens * d_model + seq * d_model + layers * (attention_part + mlp_part + norms) + 2 * d_model


# %% right="cache: concatenation and a shifted lower triangle"
def cached_attention(x, w_q, w_k, w_v, cache=None):
    q, k, v = x @ w_q, x @ w_k, x @ w_v
    before = 0
    if cache is not None:
        before = cache[0].shape[1]
        k, v = torch.cat([cache[0], k], dim=1), torch.cat([cache[1], v], dim=1)
    seen = torch.ones(x.shape[1], k.shape[1], dtype=torch.bool).tril(diagonal=before)
    scores = (q @ k.transpose(1, 2) / q.shape[-1] ** 0.5).masked_fill(~seen, -math.inf)
    return scores.softmax(dim=-1) @ v, (k, v)


# %% right="cache: one new place after the other meets the beginning that it may see"
def cached_attention(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    cache: tuple[torch.Tensor, torch.Tensor] | None = None,
) -> tuple[torch.Tensor, tuple[torch.Tensor, torch.Tensor]]:
    queries = x @ w_q
    all_keys, all_values = x @ w_k, x @ w_v
    if cache:
        old_keys, old_values = cache
        all_keys = torch.hstack((old_keys, all_keys))
        all_values = torch.hstack((old_values, all_values))
    old = all_keys.shape[1] - x.shape[1]
    found = []
    for place in range(x.shape[1]):
        until = old + place + 1
        scores = torch.einsum("bd,bkd->bk", queries[:, place], all_keys[:, :until]) / math.sqrt(w_q.shape[1])
        found.append(torch.einsum("bk,bkd->bd", scores.softmax(dim=1), all_values[:, :until]))
    return torch.stack(found, dim=1), (all_keys, all_values)


# %% right="cache: torch's attention with a mask from comparing places"
def cached_attention(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    cache: tuple[torch.Tensor, torch.Tensor] | None = None,
) -> tuple[torch.Tensor, tuple[torch.Tensor, torch.Tensor]]:
    fresh = (x @ w_k, x @ w_v)
    keys, values = fresh if cache is None else (torch.cat(both, dim=1) for both in zip(cache, fresh))
    everywhere = torch.arange(keys.shape[1])
    here = everywhere[keys.shape[1] - x.shape[1] :]
    may_look = everywhere[None, :] <= here[:, None]
    found = F.scaled_dot_product_attention(x @ w_q, keys, values, attn_mask=may_look)
    return found, (keys, values)


# %% wrong="cache: masks the prompt only; breaks: a new place may look at new ones before it only, seen with two new places after a cache"
def cached_attention(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    cache: tuple[torch.Tensor, torch.Tensor] | None = None,
) -> tuple[torch.Tensor, tuple[torch.Tensor, torch.Tensor]]:
    q, k, v = x @ w_q, x @ w_k, x @ w_v
    if cache is not None:
        k, v = torch.cat([cache[0], k], dim=1), torch.cat([cache[1], v], dim=1)
    scores = q @ k.transpose(1, 2) / q.shape[-1] ** 0.5
    if cache is None:
        seen = torch.ones(scores.shape[1:], dtype=torch.bool).tril()
        scores = scores.masked_fill(~seen, -math.inf)
    return scores.softmax(dim=-1) @ v, (k, v)


# %% wrong="cache: the diagonal is one too far; breaks: a new place may look at itself and new ones before it, seen with two new places"
def cached_attention(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    cache: tuple[torch.Tensor, torch.Tensor] | None = None,
) -> tuple[torch.Tensor, tuple[torch.Tensor, torch.Tensor]]:
    q, k, v = x @ w_q, x @ w_k, x @ w_v
    before = 0
    if cache is not None:
        before = cache[0].shape[1]
        k, v = torch.cat([cache[0], k], dim=1), torch.cat([cache[1], v], dim=1)
    seen = torch.ones(x.shape[1], k.shape[1], dtype=torch.bool).tril(diagonal=before + 1)
    scores = (q @ k.transpose(1, 2) / q.shape[-1] ** 0.5).masked_fill(~seen, -math.inf)
    return scores.softmax(dim=-1) @ v, (k, v)


# %% wrong="cache: the new ones come first; breaks: the cache has the earliest first, in the same order, seen with a call that has a cache"
def cached_attention(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    cache: tuple[torch.Tensor, torch.Tensor] | None = None,
) -> tuple[torch.Tensor, tuple[torch.Tensor, torch.Tensor]]:
    q, k, v = x @ w_q, x @ w_k, x @ w_v
    before = 0
    if cache is not None:
        before = cache[0].shape[1]
        k, v = torch.cat([k, cache[0]], dim=1), torch.cat([v, cache[1]], dim=1)
    seen = torch.ones(x.shape[1], k.shape[1], dtype=torch.bool).tril(diagonal=before)
    scores = (q @ k.transpose(1, 2) / q.shape[-1] ** 0.5).masked_fill(~seen, -math.inf)
    return scores.softmax(dim=-1) @ v, (k, v)


# %% wrong="cache: the root of d_model; breaks: the attention formula, d is the size of keys and queries, seen with d_model 3 and d_head 4"
def cached_attention(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    cache: tuple[torch.Tensor, torch.Tensor] | None = None,
) -> tuple[torch.Tensor, tuple[torch.Tensor, torch.Tensor]]:
    q, k, v = x @ w_q, x @ w_k, x @ w_v
    before = 0
    if cache is not None:
        before = cache[0].shape[1]
        k, v = torch.cat([cache[0], k], dim=1), torch.cat([cache[1], v], dim=1)
    seen = torch.ones(x.shape[1], k.shape[1], dtype=torch.bool).tril(diagonal=before)
    scores = (q @ k.transpose(1, 2) / x.shape[-1] ** 0.5).masked_fill(~seen, -math.inf)
    return scores.softmax(dim=-1) @ v, (k, v)


# %% wrong="cache: values before keys in what it returns; breaks: the keys and values of all places, seen with w_k and w_v that differ"
def cached_attention(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    cache: tuple[torch.Tensor, torch.Tensor] | None = None,
) -> tuple[torch.Tensor, tuple[torch.Tensor, torch.Tensor]]:
    q, k, v = x @ w_q, x @ w_k, x @ w_v
    before = 0
    if cache is not None:
        before = cache[0].shape[1]
        k, v = torch.cat([cache[0], k], dim=1), torch.cat([cache[1], v], dim=1)
    seen = torch.ones(x.shape[1], k.shape[1], dtype=torch.bool).tril(diagonal=before)
    scores = (q @ k.transpose(1, 2) / q.shape[-1] ** 0.5).masked_fill(~seen, -math.inf)
    return scores.softmax(dim=-1) @ v, (v, k)


# %% right="knobs: the blanks filled"
def greedy(logits: torch.Tensor) -> torch.Tensor:
    return logits.argmax(-1)


def at_temperature(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    return logits / temperature


def penalised(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    counts = torch.bincount(ids, minlength=len(logits))
    return logits - penalty * counts


# %% right="knobs: the indices of max, div, and a loop over what was written, on a copy"
def greedy(logits: torch.Tensor) -> torch.Tensor:
    return logits.max(dim=-1).indices


def at_temperature(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    return torch.div(logits, temperature)


def penalised(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    lower = logits.clone()
    for token in ids.tolist():
        lower[token] -= penalty
    return lower


# %% right="knobs: topk of one, and index_add of minus the penalty"
def greedy(logits: torch.Tensor) -> torch.Tensor:
    return logits.topk(1, dim=-1).indices.squeeze(-1)


def at_temperature(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    return logits * (1 / temperature)


def penalised(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    return logits.index_add(0, ids, torch.full(ids.shape, -penalty, dtype=logits.dtype))


# %% wrong="knobs: greedy along axis 1; breaks: logits are (..., tokens), seen with (tokens,) or (batch, seq, tokens)"
def greedy(logits: torch.Tensor) -> torch.Tensor:
    return logits.argmax(1)


def at_temperature(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    return logits / temperature


def penalised(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    counts = torch.bincount(ids, minlength=len(logits))
    return logits - penalty * counts


# %% wrong="knobs: multiplies by the temperature; breaks: divide the logits by a temperature, seen with a temperature that is not 1"
def greedy(logits: torch.Tensor) -> torch.Tensor:
    return logits.argmax(-1)


def at_temperature(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    return logits * temperature


def penalised(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    counts = torch.bincount(ids, minlength=len(logits))
    return logits - penalty * counts


# %% wrong="knobs: returns chances; breaks: the logits at this temperature, seen with any logits"
def greedy(logits: torch.Tensor) -> torch.Tensor:
    return logits.argmax(-1)


def at_temperature(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    return (logits / temperature).softmax(-1)


def penalised(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    counts = torch.bincount(ids, minlength=len(logits))
    return logits - penalty * counts


# %% wrong="knobs: takes the penalty off in place; breaks: it leaves its inputs unchanged, seen with the logits after penalised"
def greedy(logits: torch.Tensor) -> torch.Tensor:
    return logits.argmax(-1)


def at_temperature(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    return logits / temperature


def penalised(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    counts = torch.bincount(ids, minlength=len(logits))
    logits -= penalty * counts
    return logits * 1.0


# %% wrong="knobs: a token is punished once; breaks: less the penalty for each time that it occurs, seen with a token written twice"
def greedy(logits: torch.Tensor) -> torch.Tensor:
    return logits.argmax(-1)


def at_temperature(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    return logits / temperature


def penalised(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    counts = torch.bincount(ids, minlength=len(logits))
    return logits - penalty * (counts > 0)


# %% right="tails: thresholds from topk; sort, cumsum and scatter"
def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:
    smallest = logits.topk(min(k, logits.shape[-1]), dim=-1).values[..., -1:]
    return logits.masked_fill(logits < smallest, -math.inf)


def top_p(logits: torch.Tensor, p: float) -> torch.Tensor:
    ordered, places = logits.sort(dim=-1, descending=True)
    chances = ordered.softmax(dim=-1)
    before = chances.cumsum(dim=-1) - chances
    ordered = ordered.masked_fill(before >= p, -math.inf)
    top = logits.max(dim=-1, keepdim=True).values
    ordered = torch.cat([top, ordered[..., 1:]], dim=-1)
    return torch.empty_like(logits).scatter(-1, places, ordered)


# %% right="tails: row by row in plain Python, written into a table of minus infinities"
def ranked_places(row):
    return sorted(range(len(row)), key=row.__getitem__, reverse=True)


def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:
    kept = torch.full_like(logits, -math.inf)
    flat, out = logits.reshape(-1, logits.shape[-1]), kept.view(-1, logits.shape[-1])
    for number, row in enumerate(flat.tolist()):
        best = ranked_places(row)[:k]
        out[number, best] = flat[number, best]
    return kept


def top_p(logits: torch.Tensor, p: float) -> torch.Tensor:
    kept = torch.full_like(logits, -math.inf)
    flat, out = logits.reshape(-1, logits.shape[-1]), kept.view(-1, logits.shape[-1])
    for number, row in enumerate(flat):
        chances, so_far = row.double().softmax(0).tolist(), 0.0
        for place in ranked_places(row.tolist()):
            out[number, place] = row[place]
            so_far += chances[place]
            if so_far >= p:
                break
    return kept


# %% right="tails: ranks by sorting twice; the nucleus by comparing all pairs of tokens"
def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:
    ranks = logits.argsort(dim=-1, descending=True).argsort(dim=-1)
    return torch.where(ranks < k, logits, -math.inf)


def top_p(logits: torch.Tensor, p: float) -> torch.Tensor:
    chances = logits.softmax(dim=-1)
    likelier = logits.unsqueeze(-2) > logits.unsqueeze(-1)
    before = (chances.unsqueeze(-2) * likelier).sum(dim=-1)
    best = logits == logits.amax(dim=-1, keepdim=True)
    return torch.where((before < p) | best, logits, -math.inf)


# %% wrong="tails: k is not limited; breaks: if k is larger than the vocabulary, all tokens are kept, seen with one token and k 4 (an error)"
def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:
    smallest = logits.topk(k, dim=-1).values[..., -1:]
    return logits.masked_fill(logits < smallest, -math.inf)


def top_p(logits: torch.Tensor, p: float) -> torch.Tensor:
    ordered, places = logits.sort(dim=-1, descending=True)
    chances = ordered.softmax(dim=-1)
    out = chances.cumsum(dim=-1) - chances >= p
    out[..., 0] = False
    return torch.empty_like(logits).scatter(-1, places, ordered.masked_fill(out, -math.inf))


# %% wrong="tails: nothing is left at p = 0; breaks: p may be 0, the likeliest token always stays, seen with p 0"
def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:
    smallest = logits.topk(min(k, logits.shape[-1]), dim=-1).values[..., -1:]
    return logits.masked_fill(logits < smallest, -math.inf)


def top_p(logits: torch.Tensor, p: float) -> torch.Tensor:
    ordered, places = logits.sort(dim=-1, descending=True)
    chances = ordered.softmax(dim=-1)
    before = chances.cumsum(dim=-1) - chances
    ordered = torch.where(before < p, ordered, -math.inf)
    return torch.empty_like(logits).scatter(-1, places, ordered)


# %% wrong="tails: exp for the chances; breaks: logits are any scores, chances are those of the softmax, seen with logits that are no logarithms of chances"
def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:
    smallest = logits.topk(min(k, logits.shape[-1]), dim=-1).values[..., -1:]
    return logits.masked_fill(logits < smallest, -math.inf)


def top_p(logits: torch.Tensor, p: float) -> torch.Tensor:
    ordered, places = logits.sort(dim=-1, descending=True)
    chances = ordered.exp()
    out = chances.cumsum(dim=-1) - chances >= p
    out[..., 0] = False
    return torch.empty_like(logits).scatter(-1, places, ordered.masked_fill(out, -math.inf))


# %% wrong="tails: the k largest of the whole batch; breaks: all but the k largest of each row, seen with logits (2, 5)"
def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:
    flat = logits.flatten()
    smallest = flat.topk(min(k, len(flat))).values[-1]
    return logits.masked_fill(logits < smallest, -math.inf)


def top_p(logits: torch.Tensor, p: float) -> torch.Tensor:
    ordered, places = logits.sort(dim=-1, descending=True)
    chances = ordered.softmax(dim=-1)
    out = chances.cumsum(dim=-1) - chances >= p
    out[..., 0] = False
    return torch.empty_like(logits).scatter(-1, places, ordered.masked_fill(out, -math.inf))


# %% wrong="tails: top_p writes into the given logits; breaks: it leaves its inputs unchanged, seen with the logits after the call"
def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:
    smallest = logits.topk(min(k, logits.shape[-1]), dim=-1).values[..., -1:]
    return logits.masked_fill(logits < smallest, -math.inf)


def top_p(logits: torch.Tensor, p: float) -> torch.Tensor:
    ordered, places = logits.sort(dim=-1, descending=True)
    chances = ordered.softmax(dim=-1)
    out = chances.cumsum(dim=-1) - chances >= p
    out[..., 0] = False
    logits.scatter_(-1, places, ordered.masked_fill(out, -math.inf))
    return logits * 1.0


# %% right="beam: a list of tokens and sums, sorted in each round"
def beam_search(log_chances, start: tuple[int, ...], width: int, steps: int, end: int, alpha: float) -> tuple[int, ...]:
    beams = [(tuple(start), 0.0)]
    score = lambda beam: beam[1] / (len(beam[0]) - len(start)) ** alpha
    for _ in range(steps):
        candidates = []
        for ids, total in beams:
            if len(ids) > len(start) and ids[-1] == end:
                candidates.append((ids, total))
                continue
            for token, extra in enumerate(log_chances(ids).tolist()):
                candidates.append((ids + (token,), total + extra))
        beams = sorted(candidates, key=score, reverse=True)[:width]
    return beams[0][0]


# %% right="beam: a small class for a beam, and heapq.nlargest"
import heapq


class OneBeam:
    def __init__(self, begun, written=(), total=0.0, done=False):
        self.begun, self.written, self.total, self.done = begun, written, total, done

    def longer(self, log_chances, end):
        if self.done:
            yield self
            return
        for token, logarithm in enumerate(log_chances(self.begun + self.written)):
            yield OneBeam(self.begun, self.written + (token,), self.total + float(logarithm), token == end)

    def value(self, alpha):
        return self.total / len(self.written) ** alpha


def beam_search(log_chances, start: tuple[int, ...], width: int, steps: int, end: int, alpha: float) -> tuple[int, ...]:
    beams = [OneBeam(tuple(start))]
    for _ in range(steps):
        candidates = (new for beam in beams for new in beam.longer(log_chances, end))
        beams = heapq.nlargest(width, candidates, key=lambda beam: beam.value(alpha))
    best = max(beams, key=lambda beam: beam.value(alpha))
    return best.begun + best.written


# %% right="beam: recursion over the rounds, with an early return once every beam is finished"
def beam_search(log_chances, start: tuple[int, ...], width: int, steps: int, end: int, alpha: float) -> tuple[int, ...]:
    def rounds(beams, left):
        if left == 0 or all(written[-1:] == (end,) for _, _, written in beams):
            return beams
        candidates = []
        for value, total, written in beams:
            if written[-1:] == (end,):
                candidates.append((value, total, written))
            else:
                n = len(written) + 1
                for token, more in enumerate(log_chances((*start, *written)).tolist()):
                    candidates.append(((total + more) / n**alpha, total + more, (*written, token)))
        candidates.sort(key=lambda candidate: -candidate[0])
        return rounds(candidates[:width], left - 1)

    return (*start, *rounds([(0.0, 0.0, ())], steps)[0][2])


# %% wrong="beam: an end anywhere finishes; breaks: an end within start does not count, seen with a start that contains end"
def beam_search(log_chances, start: tuple[int, ...], width: int, steps: int, end: int, alpha: float) -> tuple[int, ...]:
    beams = [(start, 0.0)]
    score = lambda beam: beam[1] / max(1, len(beam[0]) - len(start)) ** alpha
    for _ in range(steps):
        candidates = []
        for ids, total in beams:
            if end in ids:
                candidates.append((ids, total))
            else:
                for token, extra in enumerate(log_chances(ids).tolist()):
                    candidates.append((ids + (token,), total + extra))
        beams = sorted(candidates, key=score, reverse=True)[:width]
    return beams[0][0]


# %% wrong="beam: the length includes start; breaks: n counts what was written after start, seen with alpha 0.7 and sentences of different lengths"
def beam_search(log_chances, start: tuple[int, ...], width: int, steps: int, end: int, alpha: float) -> tuple[int, ...]:
    beams = [(start, 0.0)]
    score = lambda beam: beam[1] / len(beam[0]) ** alpha
    for _ in range(steps):
        candidates = []
        for ids, total in beams:
            if len(ids) > len(start) and ids[-1] == end:
                candidates.append((ids, total))
            else:
                for token, extra in enumerate(log_chances(ids).tolist()):
                    candidates.append((ids + (token,), total + extra))
        beams = sorted(candidates, key=score, reverse=True)[:width]
    return beams[0][0]


# %% wrong="beam: normalises in the end only; breaks: of all the candidates, the width with the best scores go on, seen with alpha 1 and a short finished beam"
def beam_search(log_chances, start: tuple[int, ...], width: int, steps: int, end: int, alpha: float) -> tuple[int, ...]:
    beams = [(start, 0.0)]
    for _ in range(steps):
        candidates = []
        for ids, total in beams:
            if len(ids) > len(start) and ids[-1] == end:
                candidates.append((ids, total))
            else:
                for token, extra in enumerate(log_chances(ids).tolist()):
                    candidates.append((ids + (token,), total + extra))
        beams = sorted(candidates, key=lambda beam: beam[1], reverse=True)[:width]
    return max(beams, key=lambda beam: beam[1] / (len(beam[0]) - len(start)) ** alpha)[0]


# %% wrong="beam: goes on writing after end; breaks: a beam that has written end is finished and stays as it is, seen with an end before the last round"
def beam_search(log_chances, start: tuple[int, ...], width: int, steps: int, end: int, alpha: float) -> tuple[int, ...]:
    beams = [(start, 0.0)]
    score = lambda beam: beam[1] / (len(beam[0]) - len(start)) ** alpha
    for _ in range(steps):
        candidates = []
        for ids, total in beams:
            for token, extra in enumerate(log_chances(ids).tolist()):
                candidates.append((ids + (token,), total + extra))
        beams = sorted(candidates, key=score, reverse=True)[:width]
    return beams[0][0]


# %% wrong="beam: prefers finished beams in the end; breaks: the best beam in the end, finished or not, seen with a better one that is not finished"
def beam_search(log_chances, start: tuple[int, ...], width: int, steps: int, end: int, alpha: float) -> tuple[int, ...]:
    beams = [(start, 0.0)]
    score = lambda beam: beam[1] / (len(beam[0]) - len(start)) ** alpha
    for _ in range(steps):
        candidates = []
        for ids, total in beams:
            if len(ids) > len(start) and ids[-1] == end:
                candidates.append((ids, total))
            else:
                for token, extra in enumerate(log_chances(ids).tolist()):
                    candidates.append((ids + (token,), total + extra))
        beams = sorted(candidates, key=score, reverse=True)[:width]
    finished = [beam for beam in beams if beam[0][-1] == end]
    return max(finished or beams, key=score)[0]
