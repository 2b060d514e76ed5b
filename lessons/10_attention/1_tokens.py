# %% [markdown]
# # What comes next
# Cover this line with a hand and uncover it letter by letter: mostly you know what comes next. A machine that guesses
# the next piece of text, and is asked again and again, writes. That is all a language model does, and by the end of
# this lesson you will have built a GPT out of parts of your own. It reads this course's prose, then writes some.
#
# **How to read this notebook.** Before you run a cell, say what you expect to see. Then run it and look. Cells that
# read `# YOUR CODE HERE` or `____` are yours; the cell below each tells you how far you got. No exercise needs your
# answer to another one: if you get stuck, move on. (Pictures made with your functions have to wait.)
#
# **In this part you will** cut text into byte-pair tokens, batch sentences, turn ids into vectors, and learn good ones.
#
# The first guesser is older than computers: in 1913 Markov counted by hand how the vowels and consonants of a poem
# follow each other. **Predict:** which column of the row *q* is dark, and which rows are dark under *space*?

# %% setup
import collections
import itertools
import math
import re
import time
import zlib
from pathlib import Path

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from torch import nn

from course import checks, device

torch.set_num_threads(1)  # our tensors are small: two threads would mostly wait for each other
reached: dict[str, float] = {}  # what your models reach, in nats for each character; for the table at the end


def heat(axis, table, down, across, title="", **options):
    """Draw a table of numbers as shades, with a name for each row and column."""
    axis.imshow(table, cmap="Blues", aspect="auto", **options)
    axis.set_xticks(range(len(across)), across, fontsize=7)
    axis.set_yticks(range(len(down)), down, fontsize=7)
    axis.set_title(title, fontsize=9)


# %%
lines = Path("data/prose.txt").read_text("utf-8").splitlines()  # prose of this course, a paragraph a line
valid_text = "\n".join(lines[::10]) + "\n"  # every tenth paragraph is kept for checking
train_text = "\n".join(line for number, line in enumerate(lines) if number % 10) + "\n"
alphabet = " abcdefghijklmnopqrstuvwxyz"
letters = re.sub(r"[^a-z]+", " ", train_text.lower())
followers = torch.zeros(27, 27)
for first, second in itertools.pairwise(letters):
    followers[alphabet.index(first), alphabet.index(second)] += 1
figure, axis = plt.subplots(figsize=(6.5, 5))
heat(axis, followers / followers.sum(dim=1, keepdim=True), "␣" + alphabet[1:], "␣" + alphabet[1:])
axis.set(xlabel="next letter", ylabel="letter", title=f"what follows what in {len(letters):,} letters of this course")
figure.tight_layout()

# %% [markdown]
# After *q* comes *u*. The table is a language model: it gives each letter a **chance** to come next. So it can write.

# %%
generator, places = torch.Generator().manual_seed(4), [0]  # the seed is fixed: change it
for _ in range(150):
    places.append(torch.multinomial(followers[places[-1]], 1, generator=generator).item())
print("".join(alphabet[place] for place in places[1:]))

# %% [markdown]
# It forgets everything but the last letter. Two things have to become better: the memory, and first the pieces.
#
# ## 1 · Which pieces?
#
# A network computes with numbers, and text is a row of symbols. So text is cut into pieces, **tokens**, from a fixed
# list, the **vocabulary**; each token has a number, its **id**. This is called **tokenization**. But which pieces?
#
# - *Letters*: a short list, and nothing is ever unknown. But rows get long.
# - *Words*: short rows. But the list never ends. A word that is not on it becomes `<unk>`, "unknown", and is lost;
#   *convolution* and *convolutions* share nothing; a typing error is a new word.
# - *Parts of words* lie between. Common words get a token of their own; rare ones are built, at worst from letters.

# %%
words = collections.Counter(re.findall(r" ?[A-Za-z]+| ?[^A-Za-z\s]+|\n", train_text))
unseen = collections.Counter(re.findall(r" ?[A-Za-z]+| ?[^A-Za-z\s]+|\n", valid_text))
lost = sum(count for word, count in unseen.items() if word not in words)
print(f"{len(words):,} words; {lost / unseen.total():.1%} of the words kept for checking are not among them")

# %% [markdown]
# Every pattern above takes the space *before* a word along: `" the"` and `"the"` are two different words, and tokens
# can be glued together again without guessing. (GPT-2 does the same. Its token lists show the space as `Ġ`: `Ġthe`.)
#
# Which parts? **Byte-pair encoding** lets the text decide. Begin with letters (GPT-2: with the 256 *bytes*, hence the
# name, so no script is unknown). Count all pairs of neighbours, join the commonest into one token, and begin again with
# the longer tokens, until you have enough of them. Pairs never cross the end of a word, so word counts are enough:
#
# ```
# h u g  10 times     u g is the commonest pair (15)      h ug  10     h ug now (10)      hug   10
# p u g   5 times   ──►                                   p ug   5   ──►                  p ug   5
# b u n   4 times                                         b u n  4                        b u n  4
# ```
#
# ### Exercise: byte pairs
# difficulty 3/5 · 15 minutes · cards: token, byte-pair, sub-words, space-token
#
# - `commonest_pair` counts all neighbours. A word that occurs 10 times counts ten times, and in `("o", "o", "o")` the
#   pair of two o's occurs twice. If several pairs are equally common, return any of them. Some word has two tokens.
# - `merge` makes each occurrence of the pair into one token, from left to right: three o's become `("oo", "o")`.
# - `encode` cuts a word of the *reader's*: it begins with letters and merges pair after pair in the order learnt.
#
# hint: `itertools.pairwise(word)` runs through the neighbours of a word.
#
# hint: In `merge`, walk with an index that jumps by two after a pair was found, and by one elsewhere.


# %% solution="byte_pairs" promises="leaves-inputs, any-size(a word of one letter)"
def commonest_pair(words: dict[tuple[str, ...], int]) -> tuple[str, str]:
    """The commonest pair of neighbours in words, which says how often each word (a tuple of tokens) occurs."""
    ### BEGIN SOLUTION
    pairs = collections.Counter()
    for word, count in words.items():
        for pair in itertools.pairwise(word):
            pairs[pair] += count
    return max(pairs, key=pairs.get)
    ### END SOLUTION


def merge(word: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    """The tokens of the word, with each occurrence of the pair joined into one token."""
    ### BEGIN SOLUTION
    joined, place = [], 0
    while place < len(word):
        size = 2 if tuple(word[place : place + 2]) == pair else 1
        joined.append("".join(word[place : place + size]))
        place += size
    return tuple(joined)
    ### END SOLUTION


def encode(word: str, merges: list[tuple[str, str]]) -> tuple[str, ...]:
    """The tokens of a word, after all these merges in this order."""
    ### BEGIN SOLUTION
    tokens = tuple(word)
    for pair in merges:
        tokens = merge(tokens, pair)
    return tokens
    ### END SOLUTION


# %% tests="byte_pairs" points=6
def examples(rng):
    yield checks.example(commonest_pair, {"words": {("a", "b", "a", "b"): 3, ("b", "a"): 2, ("c",): 9}})
    yield checks.example(merge, {"word": ("a", "b", "c", "a", "b"), "pair": ("a", "b")})
    yield checks.example(merge, {"word": ("a",), "pair": ("a", "b")}, size="a word of one letter", right=("a",))
    yield checks.example(encode, {"word": "abc", "merges": [("b", "c"), ("a", "bc")]})
    yield checks.example(encode, {"word": "a", "merges": [("a", "b")]}, size="a word of one letter", right=("a",))


def joined(word, pair):
    """The merge by a search for what stands between two pairs: each token is shut in by signs that occur in no text."""
    text = "".join(f"\x00{token}\x01" for token in word)
    text = text.replace(f"\x00{pair[0]}\x01\x00{pair[1]}\x01", f"\x00{pair[0]}{pair[1]}\x01")
    return tuple(text[1:-1].split("\x01\x00"))


with checks.check("hug, pug and bun", hint="u and g are neighbours in 15 words, h and u in 10"):
    checks.equal(tuple(commonest_pair({tuple("hug"): 10, tuple("pug"): 5, tuple("bun"): 4})), ("u", "g"))
with checks.check("a pair that overlaps itself", hint="from left to right; what was joined is used up"):
    checks.equal(tuple(merge(("o", "o", "o"), ("o", "o"))), ("oo", "o"))
### BEGIN HIDDEN TESTS
rng = checks.rng()


def draw(letters, size):
    """A word of that many letters."""
    return tuple(rng.choice(letters) for _ in range(size))


with checks.check("the commonest pair among any words", hint="each neighbour counts as often as its word occurs"):
    for letters in ("ab", "abc", ["x", "yz", "y", "zx"]):
        words = {draw(letters, rng.integer(1, 6)): rng.integer(1, 9) for _ in range(8)} | {tuple(letters): 1}
        totals = collections.Counter()
        for word, count in words.items():
            for place in range(1, len(word)):
                totals[word[place - 1 : place + 1]] += count
        checks.equal(totals.get(tuple(commonest_pair(words)), 0), max(totals.values()), what="how often it occurs")
    known = {"cd": {"ab": 5, "cd": 3, "ecd": 3}, "ab": {"ab": 5, "cd": 1, "ecd": 1}, "oo": {"ooo": 2, "ab": 3}}
    known |= {"ef": {"abc": 2, "adc": 2, "ef": 3}, "bc": {"a": 10, "bc": 2}}  # no pair has a gap, or two words
    for right, words in known.items():
        checks.equal(tuple(commonest_pair({tuple(word): count for word, count in words.items()})), tuple(right))
with checks.check("merges in any word", hint="compare two tokens with the pair, not their letters run together"):
    for pair, size in itertools.product((("a", "b"), ("a", "a"), ("ab", "a")), (1, 2, 5, 9, 30)):
        word = draw(["a", "b", "ab"], size)
        checks.equal(tuple(merge(word, pair)), joined(word, pair), what=f"{size} tokens")
    checks.equal(tuple(merge(("a", "bc", "ab", "c"), ("ab", "c"))), ("a", "bc", "abc"))
with checks.check("words cut in the order that was learnt", hint="what was learnt first comes first", points=2):
    checks.equal(tuple(encode("abc", [("b", "c"), ("a", "b")])), ("a", "bc"))
    checks.equal(tuple(encode("abcab", [("a", "b"), ("ab", "c"), ("abc", "ab")])), ("abcab",))
    checks.equal(tuple(encode("ab", [])), ("a", "b"))
    for _ in range(5):
        merges, tokens = [("b", "c"), ("a", "bc"), ("a", "b"), ("ab", "abc"), ("c", "c")], draw("abc", 12)
        got = encode("".join(tokens), merges)
        *_, right = itertools.accumulate(merges, joined, initial=tokens)
        checks.equal(tuple(got), right)
### END HIDDEN TESTS

# %% [markdown]
# Let it learn from the course: 950 rounds take some ten seconds. **Predict** the first three merges.

# %%
began, merges = time.perf_counter(), []
cut = {tuple(word): count for word, count in words.items()}
while len(merges) < device.budget(950, 20):
    merges.append(tuple(commonest_pair(cut)))
    cut = {merge(word, merges[-1]): count for word, count in cut.items()}
print(f"{len(merges)} merges in {time.perf_counter() - began:.1f} s, first", ["".join(pair) for pair in merges[:8]])
vocabulary = sorted(set(train_text + valid_text)) + ["".join(pair) for pair in merges]
print("longest tokens:", sorted(vocabulary, key=len)[-8:])
for word in (" gradient", " convolutions", " unbelievable"):
    print(f"{word!r:18}", encode(word, merges))

# %% [markdown]
# *unbelievable* does not occur in the text, and it is not lost: it comes in parts. Common words of *this* text are
# whole, and that is a warning as well: a vocabulary fits the text that it was learnt from. (In GPT-2's, many words of
# other languages fall into single bytes, so that the same sentence costs several times as many tokens.)
#
# *Further reading:* Sennrich, Haddow, Birch, "Neural Machine Translation of Rare Words with Subword Units" (2016),
# arXiv 1508.07909; Radford et al., "Language Models are Unsupervised Multitask Learners" (2019), section 2.2.
#
# ## 2 · A batch of sentences
#
# Sentences have different lengths, and a tensor is a rectangle. So short ones are filled up with the id of a **pad**
# token, and a second table, the **attention mask**, says which places are real (1) and which are padding (0). A
# tokenizer of the `transformers` library returns both in a dictionary, as `input_ids` and `attention_mask`; so does
# ours. (The pad id alone would not tell: GPT-2 has none, and people pad with its end-of-text token, a real one too.)
#
# ### Exercise: a tokenizer
# difficulty 1/5 · 8 minutes · cards: tokenizer-output, attention-mask, pad-token
#
# Fill the blanks. This tokenizer cuts at spaces and leaves each piece as it is. `ids` has an id for every token,
# `tokens` the token of each id. No text is empty. `tokenize` pads at the end; `decode` takes padding in front, too.


# %% solution="tokenizer" promises="leaves-inputs, any-size(one text, texts of one length)"
def tokenize(texts: list[str], ids: dict[str, int], pad: int) -> dict[str, torch.Tensor]:
    """The ids of the tokens of each text, and the mask that is 1 where they are real: (texts, longest) both."""
    rows = [[ids[token] for token in text.split()] for text in texts]  # ? ids[token]
    longest = max(len(row) for row in rows)
    padded = [row + [pad] * (longest - len(row)) for row in rows]  # ? [pad] | longest - len(row)
    real = [[1] * len(row) + [0] * (longest - len(row)) for row in rows]  # ? [1] * len(row) | [0]
    return {"input_ids": torch.tensor(padded), "attention_mask": torch.tensor(real)}  # ? "input_ids" | "attention_mask"


def decode(batch: dict[str, torch.Tensor], tokens: list[str]) -> list[str]:
    """The texts of a batch, without the padding."""
    texts = []
    for row, mask in zip(batch["input_ids"], batch["attention_mask"], strict=True):
        real = row[mask.bool()]  # ? mask.bool()
        texts.append(" ".join(tokens[token] for token in real.tolist()))  # ? tokens[token]
    return texts


# %% tests="tokenizer" points=4
def examples(rng):
    ids = {"a": 0, "b": 1}
    yield checks.example(tokenize, {"texts": ["a b", "b"], "ids": ids, "pad": 0})
    once = {"input_ids": torch.tensor([[1, 0]]), "attention_mask": torch.tensor([[1, 1]])}
    yield checks.example(tokenize, {"texts": ["b a"], "ids": ids, "pad": 0}, size="one text", right=once)
    yield checks.example(decode, {"batch": once, "tokens": ["a", "b"]}, size="one text", right=["b a"])
    twice = {"input_ids": torch.tensor([[1], [0]]), "attention_mask": torch.tensor([[1], [1]])}
    yield checks.example(tokenize, {"texts": ["b", "a"], "ids": ids, "pad": 1}, size="texts of one length", right=twice)


with checks.check("a long text and a short one", hint="the short one is filled up with pad, and its mask with 0"):
    got = tokenize(["we learn slowly", "we learn"], {"we": 5, "learn": 7, "slowly": 6}, 9)
    checks.equal(sorted(got), ["attention_mask", "input_ids"], what="the keys")
    checks.equal(got["input_ids"], [[5, 7, 6], [5, 7, 9]], what="input_ids")
    checks.equal(got["attention_mask"], [[1, 1, 1], [1, 1, 0]], what="attention_mask")
### BEGIN HIDDEN TESTS
rng = checks.rng()
tokens = rng.words(3)
tokens += [tokens[0].capitalize(), tokens[1].upper(), tokens[2] + "."]
ids = {token: number for number, token in enumerate(tokens)}
sizes = [rng.integer(1, 3), 7, 4, 1]
rows = [[*rng.permutation(6).tolist(), rng.integer(0, 5)][:size] for size in sizes]
texts = [" ".join(tokens[number] for number in row) for row in rows]
with checks.check("ids of any texts", hint="each token by its id, then as many pads as are missing"):
    for pad in (0, 3, 17):
        got = tokenize(texts, ids, pad)["input_ids"]
        checks.equal(got, [(row + 7 * [pad])[:7] for row in rows], what=f"input_ids with pad {pad}")
with checks.check("masks of any texts", hint="a token that has the pad's id is real all the same"):
    for pad in (0, 3, 17):
        got = tokenize(texts, ids, pad)["attention_mask"]
        checks.equal(got, [[int(place < size) for place in range(7)] for size in sizes], what=f"the mask, pad {pad}")
with checks.check("back to the texts", hint="what the mask leaves, wherever it stands"):
    for pad in (0, 3, 5):
        padded = torch.tensor([(row + 7 * [pad])[:7] for row in rows])
        real = torch.tensor([[int(place < size) for place in range(7)] for size in sizes])
        checks.equal(list(decode({"input_ids": padded, "attention_mask": real}, tokens)), texts)
        left = {"input_ids": padded.flip(1), "attention_mask": real.flip(1)}  # padding in front
        backwards = [" ".join(reversed(text.split())) for text in texts]
        checks.equal(list(decode(left, tokens)), backwards, what="texts padded in front")
### END HIDDEN TESTS

# %% [markdown]
# ## 3 · A vector for each token
#
# An id says nothing: token 7 is not "more" than token 5. What a network can use is a vector with a 1 in place 7 and 0
# elsewhere, **one-hot**. Its first layer multiplies that by a matrix: out comes row 7. So nobody multiplies: one looks
# the row up. The rows of this **embedding matrix** are the tokens' **embeddings**, and `nn.Embedding(tokens, d_model)`
# holds it as a parameter, d_model numbers per token. It is a linear layer without bias that takes ids instead of
# one-hot rows; an id outside the table is an IndexError. (Anything that comes in classes can be embedded.)
#
# And the way back? In one-hot form the slope of the table is $\text{hot}^\top \text{grad}$, mostly products with
# zeros. Looked up: each row of the table gets the slopes from all the places where it was used, added up.
#
# ### Exercise: one row of a table
# difficulty 2/5 · 8 minutes · cards: one-hot-embedding, embedding-shape, embedding-slope, embedding-or-linear
#
# Fill the blanks. `ids` has any shape.


# %% solution="embedding" promises="leaves-inputs, differentiable(table), any-size(a single id)"
def by_one_hot(ids: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
    """The embeddings of the ids, as a matrix product: table is (tokens, d_model)."""
    hot = F.one_hot(ids, len(table)).to(table.dtype)  # ? one_hot | len(table)
    return hot @ table  # ? hot @ table


def output_shape(shape: tuple[int, ...], tokens: int, d_model: int) -> tuple[int, ...]:
    """The shape of nn.Embedding(tokens, d_model)(ids), where ids has this shape."""
    return (*shape, d_model)  # ? *shape, d_model


def table_slope(ids: torch.Tensor, grad: torch.Tensor, tokens: int) -> torch.Tensor:
    """The slope of the table, where grad is the slope of the embeddings: (*ids.shape, d_model)."""
    summed = torch.zeros(tokens, grad.shape[-1], dtype=grad.dtype)  # ? tokens, grad.shape[-1]
    summed.index_add_(0, ids.flatten(), grad.reshape(-1, grad.shape[-1]))  # ? index_add_ | ids.flatten()
    return summed


# %% tests="embedding" points=4
def examples(rng):
    ids = torch.tensor([[2, 0], [2, 1]])
    table, grad = rng.tensor(4, 3), rng.tensor(2, 2, 3)
    yield checks.example(by_one_hot, {"ids": ids, "table": table})
    yield checks.example(table_slope, {"ids": ids, "grad": grad, "tokens": 4})
    one = {"ids": torch.tensor(1), "table": torch.tensor([[1.0, 2.0], [3.0, 4.0]])}
    yield checks.example(by_one_hot, one, size="a single id", right=[3.0, 4.0])


with checks.check("the third row, twice", hint="a 1 in place 2 picks row 2", points=1):
    checks.close(by_one_hot(torch.tensor([2, 2]), torch.tensor([[1.0], [2.0], [3.0]])), [[3.0], [3.0]])
    checks.equal(tuple(output_shape((8, 64), 50257, 768)), (8, 64, 768))
### BEGIN HIDDEN TESTS
rng = checks.rng()
cases = [((5,), 7, 3), ((2, 3), 4, 1), ((3, 1, 2), 9, 5), ((40,), 1, 2), ((), 6, 4)]
with checks.check("embeddings of ids of any shape", hint="the one-hot axis comes last, and has a place for each token"):
    for shape, tokens, d_model in cases:
        ids, table = rng.integers(*shape, low=0, high=tokens - 1), rng.tensor(tokens, d_model)
        checks.close(by_one_hot(ids, table), table[ids], what=f"ids of shape {shape}")
with checks.check("shapes", hint="one axis more than the ids have"):
    for shape, tokens, d_model in cases:
        checks.equal(tuple(output_shape(shape, tokens, d_model)), (*shape, d_model))
with checks.check("slopes, with ids that repeat", hint="a row that is used twice gets the sum of two slopes"):
    for shape, tokens, d_model in cases:
        ids, grad = rng.integers(*shape, low=0, high=tokens - 1), rng.tensor(*shape, d_model)
        right = torch.zeros(tokens, d_model)
        for number, share in zip(ids.flatten().tolist(), grad.reshape(-1, d_model), strict=True):
            right[number] += share
        checks.close(table_slope(ids, grad, tokens), right, rtol=1e-4, atol=1e-5, what=f"ids of shape {shape}")
### END HIDDEN TESTS

# %% [markdown]
# ## 4 · Vectors from company
#
# Where do good vectors come from? "You shall know a word by the company it keeps" (Firth, 1957): words that stand in
# the same surroundings mean similar things. **Skip-gram** makes a task of that: given a word, guess the words within
# a **window** around it. Nobody needs the guesses; it is a **proxy task**, and what we keep is the table of vectors.
#
# A softmax over a vocabulary of $V$ words would add up thousands of terms per pair. (*Hierarchical softmax* walks down
# a tree, in about $\log_2 V$ steps.) **Negative sampling** asks an easier question: is this pair real, or is one word
# random? For the vector $c$ of the middle word, $n$ of a real neighbour and $s_1, …, s_k$ of $k$ random words:
#
# $$L = -\log \sigma(c \cdot n) - \sum_{i=1}^{k} \log \sigma(-c \cdot s_i)$$
#
# ### Exercise: the company it keeps
# difficulty 3/5 · 12 minutes · cards: skip-gram, negative-sampling, proxy-task, hierarchical-softmax
#
# - `pairs` lists every (word in the middle, neighbour) at most `window` places apart, in any order. A word is not its
#   own neighbour, but the same word may stand nearby once more, and counts then.
# - `skip_gram_loss` is the mean of L over n rows. Scores may be as large as 1,000 and the loss is still right.
#
# hint: $\log\sigma(z)$ in two steps is the logarithm of 0 for very negative z. Which function of `F` does both?


# %% solution="skip_gram" promises="leaves-inputs, differentiable(centers, neighbours, strangers), any-order"
# promises: any-size(one word, one pair), tensor(skip_gram_loss)
def pairs(ids: list[int], window: int) -> list[tuple[int, int]]:
    """All pairs of a token and a neighbour of it that is at most window places away."""
    ### BEGIN SOLUTION
    found = []
    for place, center in enumerate(ids):
        near = ids[max(0, place - window) : place] + ids[place + 1 : place + 1 + window]
        found += [(center, neighbour) for neighbour in near]
    return found
    ### END SOLUTION


def skip_gram_loss(centers: torch.Tensor, neighbours: torch.Tensor, strangers: torch.Tensor) -> torch.Tensor:
    """The mean loss of vectors (n, d) with those of real neighbours (n, d) and of strangers (n, k, d)."""
    ### BEGIN SOLUTION
    real = F.logsigmoid((centers * neighbours).sum(dim=-1))
    drawn = F.logsigmoid(-torch.einsum("nd,nkd->nk", centers, strangers)).sum(dim=-1)
    return -(real + drawn).mean()
    ### END SOLUTION


# %% tests="skip_gram" points=5
def examples(rng):
    yield checks.example(pairs, {"ids": [3, 1, 4, 1], "window": 2})
    yield checks.example(pairs, {"ids": [3], "window": 2}, size="one word", right=[])
    vectors = {"centers": rng.tensor(2, 3), "neighbours": rng.tensor(2, 3), "strangers": rng.tensor(2, 2, 3)}
    yield checks.example(skip_gram_loss, vectors, of="skip_gram_loss")
    flat = {"centers": torch.tensor([[1.0, 0.0]]), "neighbours": torch.tensor([[0.0, 1.0]])}
    flat["strangers"] = torch.tensor([[[0.0, 2.0], [0.0, 3.0], [0.0, -1.0]]])
    yield checks.example(skip_gram_loss, flat, of="skip_gram_loss", size="one pair", right=4 * math.log(2))


with checks.check("three words, one place apart", hint="the one in the middle has two neighbours"):
    checks.unordered(pairs([7, 8, 9], 1), [(7, 8), (8, 7), (8, 9), (9, 8)])
with checks.check("vectors that know nothing", hint="each of the 1 + k questions costs log 2"):
    checks.close(skip_gram_loss(torch.zeros(4, 3), torch.zeros(4, 3), torch.zeros(4, 2, 3)), 3 * math.log(2))
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("pairs of any text and window", hint="mind both ends of the text"):
    for size, window in ((9, 1), (9, 2), (12, 5), (4, 10), (2, 1)):
        ids = [rng.integer(0, 4) for _ in range(size)]
        every = [(i, j) for i in range(size) for j in range(size) if i != j and abs(i - j) <= window]
        checks.unordered(pairs(ids, window), [(ids[i], ids[j]) for i, j in every], what=f"{size} words, {window} apart")


def one_by_one(centers, neighbours, strangers):
    """The mean of L in doubles: -log σ(z) is log(1 + exp(-z)), for very negative z it is -z."""
    cost = lambda z: math.log1p(math.exp(-z)) if z > -500 else -z
    total = 0.0
    for c, n, others in zip(centers.double(), neighbours.double(), strangers.double(), strict=True):
        total += cost(float(c @ n)) + sum(cost(-float(c @ s)) for s in others)
    return total / len(centers)


with checks.check("the loss of any vectors", hint="a real pair is pulled together, each of the k is pushed away"):
    for n, k, d in ((4, 3, 5), (1, 1, 2), (7, 10, 3)):
        given = 2 * rng.tensor(n, d), 2 * rng.tensor(n, d), 2 * rng.tensor(n, k, d)
        checks.close(skip_gram_loss(*given), one_by_one(*given), rtol=1e-4)
with checks.check("scores of a thousand", hint="F.logsigmoid knows what to do with large numbers"):
    for sign in (-1.0, 1.0):
        given = torch.full((1, 2), 20.0), sign * torch.full((1, 2), 25.0), torch.full((1, 3, 2), 24.0)
        checks.close(skip_gram_loss(*given), one_by_one(*given), rtol=1e-4)
### END HIDDEN TESTS

# %% [markdown]
# Good vectors need millions of words. So here is a language of 21 words that has all that matters: sentences drawn from
# three patterns. The machine is told nothing about animals or food. **Predict** which words will lie side by side.

# %%
kinds = {"people": ["ann", "ben", "eve", "sam"], "animals": ["cat", "dog", "fox", "hen"]}
kinds |= {"food": ["bread", "cake", "rice", "soup"], "colours": ["black", "red", "white"]}
torch.manual_seed(0)
pick = lambda kind: kinds[kind][torch.randint(len(kinds[kind]), ()).item()]
patterns = "people feeds the colours animals . people cooks food for people . the animals eats food ."
stream = [pick(word) if word in kinds else word for word in 1500 * patterns.split()]
number = {word: place for place, word in enumerate(dict.fromkeys(stream))}
both = torch.tensor(pairs([number[word] for word in stream], 2))
shares = torch.bincount(both[:, 0]).float() ** 0.75  # word2vec draws its strangers so

# %%
center, around = (nn.Parameter(0.1 * torch.randn(len(number), 8)) for _ in range(2))
optimiser = torch.optim.Adam([center, around], lr=0.02)
for _ in range(device.budget(500)):
    batch = both[torch.randint(len(both), (512,))]
    drawn = torch.multinomial(shares, 512 * 5, replacement=True).view(512, 5)
    loss = skip_gram_loss(center[batch[:, 0]], around[batch[:, 1]], around[drawn])
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()

# %%
names = [word for kind in kinds.values() for word in kind] + ["feeds", "cooks", "eats", "the"]
unit = F.normalize(center.detach(), dim=1)[[number[word] for word in names]]
axis = plt.figure(figsize=(6, 4.6)).gca()
heat(axis, unit @ unit.T, names, names, "cosines: dark is 1, white is 0 or below", vmin=0, vmax=1)
axis.tick_params(axis="x", rotation=60)

# %% [markdown]
# Words that can replace each other get almost the same vector: their **cosine similarity**, the cosine of their angle,
# is near 1 (dark). In real text **stopwords** (*the*, *of*) are everywhere, say little, and are mostly dropped. With
# billions of words directions have a meaning: *queen* is nearest to *king* − *man* + *woman* (these three left out).
#
# **Now you can** learn byte pairs, batch texts with masks, say what an embedding computes, and train one on windows.
#
# *Further reading:* Mikolov et al., "Distributed Representations of Words and Phrases and their Compositionality"
# (2013), arXiv 1310.4546; Jurafsky and Martin, *Speech and Language Processing*, the chapter on embeddings.
