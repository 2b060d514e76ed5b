# Answers to the exercises of 5_writing.py, right and wrong: what `course audit` grades. No student sees them.

# %% right="knobs: other spellings"
def greedy(logits):
    return logits.max(dim=-1).indices


def at_temperature(logits, temperature):
    return (1 / temperature) * logits


def penalised(logits, ids, penalty):
    counts = torch.zeros_like(logits).index_add(0, ids, torch.ones(len(ids), dtype=logits.dtype))
    return logits - counts * penalty


# %% right="knobs: one-hot counts, log-softmax"
def greedy(logits):
    return logits.softmax(-1).argmax(-1)


def at_temperature(logits, temperature):
    return torch.log_softmax(logits / temperature, dim=-1)


def penalised(logits, ids, penalty):
    return logits - penalty * F.one_hot(ids, logits.shape[0]).sum(dim=0)


# %% wrong="knobs: times the temperature"
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


# %% wrong="knobs: argmax over everything"
def greedy(logits: torch.Tensor) -> torch.Tensor:
    """The likeliest token at each place (…)."""
    return logits.argmax()


def at_temperature(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    """The logits at this temperature."""
    return logits / temperature


def penalised(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    """The logits, less the penalty for each time that a token occurs among ids."""
    counts = torch.bincount(ids, minlength=len(logits))
    return logits - penalty * counts


# %% wrong="knobs: argmax along the first axis"
def greedy(logits: torch.Tensor) -> torch.Tensor:
    """The likeliest token at each place (…)."""
    return logits.argmax(dim=0)


def at_temperature(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    """The logits at this temperature."""
    return logits / temperature


def penalised(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    """The logits, less the penalty for each time that a token occurs among ids."""
    counts = torch.bincount(ids, minlength=len(logits))
    return logits - penalty * counts


# %% wrong="knobs: adds the penalty"
def greedy(logits: torch.Tensor) -> torch.Tensor:
    """The likeliest token at each place (…)."""
    return logits.argmax(dim=-1)


def at_temperature(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    """The logits at this temperature."""
    return logits / temperature


def penalised(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    """The logits, less the penalty for each time that a token occurs among ids."""
    counts = torch.bincount(ids, minlength=len(logits))
    return logits + penalty * counts


# %% wrong="knobs: once for each token that occurs"
def greedy(logits: torch.Tensor) -> torch.Tensor:
    """The likeliest token at each place (…)."""
    return logits.argmax(dim=-1)


def at_temperature(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    """The logits at this temperature."""
    return logits / temperature


def penalised(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    """The logits, less the penalty for each time that a token occurs among ids."""
    counts = torch.bincount(ids, minlength=len(logits))
    return logits - penalty * (counts > 0)


# %% wrong="knobs: divides by the counts"
def greedy(logits: torch.Tensor) -> torch.Tensor:
    """The likeliest token at each place (…)."""
    return logits.argmax(dim=-1)


def at_temperature(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    """The logits at this temperature."""
    return logits / temperature


def penalised(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    """The logits, less the penalty for each time that a token occurs among ids."""
    counts = torch.bincount(ids, minlength=len(logits))
    return logits / (1 + penalty * counts)


# %% wrong="knobs: the likeliest logit, not its place"
def greedy(logits: torch.Tensor) -> torch.Tensor:
    """The likeliest token at each place (…)."""
    return logits.amax(dim=-1)


def at_temperature(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    """The logits at this temperature."""
    return logits / temperature


def penalised(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    """The logits, less the penalty for each time that a token occurs among ids."""
    counts = torch.bincount(ids, minlength=len(logits))
    return logits - penalty * counts


# %% wrong="knobs: chances for logits"
def greedy(logits: torch.Tensor) -> torch.Tensor:
    """The likeliest token at each place (…)."""
    return logits.argmax(dim=-1)


def at_temperature(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    """The logits at this temperature."""
    return (logits / temperature).softmax(-1)


def penalised(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    """The logits, less the penalty for each time that a token occurs among ids."""
    counts = torch.bincount(ids, minlength=len(logits))
    return logits - penalty * counts


# %% wrong="knobs: counts up to the largest id"
def greedy(logits: torch.Tensor) -> torch.Tensor:
    """The likeliest token at each place (…)."""
    return logits.argmax(dim=-1)


def at_temperature(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    """The logits at this temperature."""
    return logits / temperature


def penalised(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    """The logits, less the penalty for each time that a token occurs among ids."""
    counts = torch.bincount(ids)
    reduced = logits.clone()
    reduced[: len(counts) - 1] -= penalty * counts[:-1]
    return reduced


# %% wrong="knobs: shares instead of counts"
def greedy(logits: torch.Tensor) -> torch.Tensor:
    """The likeliest token at each place (…)."""
    return logits.argmax(dim=-1)


def at_temperature(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    """The logits at this temperature."""
    return logits / temperature


def penalised(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    """The logits, less the penalty for each time that a token occurs among ids."""
    counts = torch.bincount(ids, minlength=len(logits))
    return logits - penalty * counts / max(1, len(ids))


# %% [markdown] explains="knobs"
# `argmax` along the last axis gives the place of the largest logit in each row. A temperature below 1 makes differences between logits larger. `bincount` counts how often each id occurs; without `minlength` its result ends at the largest id that occurs, and shapes do not fit.


# %% right="tails: by borders"
def top_k(logits, k):
    k = min(k, logits.shape[-1])
    border = logits.sort(dim=-1, descending=True).values[..., k - 1 : k]
    return torch.where(logits >= border, logits, -math.inf)


def top_p(logits, p):
    chances = logits.softmax(-1)
    above = chances[..., None, :] * (chances[..., None, :] > chances[..., :, None])
    out = above.sum(-1) >= p
    return logits.masked_fill(out & (chances < chances.amax(-1, keepdim=True)), float("-inf"))


# %% right="tails: row by row"
def top_k(logits, k):
    order = logits.argsort(dim=-1, descending=True).argsort(dim=-1)
    return logits.masked_fill(order >= k, -math.inf)


def top_p(logits, p):
    rows = []
    for row in logits.reshape(-1, logits.shape[-1]):
        kept, total = torch.full_like(row, -math.inf), 0.0
        chances = row.double().softmax(0)
        for token in row.argsort(descending=True):
            if total >= p and total > 0:
                break
            kept[token], total = row[token], total + float(chances[token])
        rows.append(kept)
    return torch.stack(rows).reshape(logits.shape)


# %% wrong="tails: one border for all rows"
def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:
    """The logits, with minus infinity for all but the k largest of each row."""
    border = logits.flatten().topk(min(k, logits.numel())).values[-1]
    return torch.where(logits >= border, logits, -math.inf)


def top_p(logits: torch.Tensor, p: float) -> torch.Tensor:
    """The logits, with minus infinity outside the nucleus: the fewest likeliest tokens with chances of at least p in all."""
    ordered, places = logits.sort(dim=-1, descending=True)
    chances = ordered.softmax(dim=-1)
    before = chances.cumsum(dim=-1) - chances
    first = torch.arange(logits.shape[-1]) == 0
    cut = ordered.masked_fill((before >= p) & ~first, -math.inf)
    return torch.empty_like(logits).scatter(-1, places, cut)


# %% wrong="tails: zeros in place of minus infinity"
def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:
    """The logits, with minus infinity for all but the k largest of each row."""
    best = logits.topk(min(k, logits.shape[-1]), dim=-1)
    return torch.zeros_like(logits).scatter(-1, best.indices, best.values)


def top_p(logits: torch.Tensor, p: float) -> torch.Tensor:
    """The logits, with minus infinity outside the nucleus: the fewest likeliest tokens with chances of at least p in all."""
    ordered, places = logits.sort(dim=-1, descending=True)
    chances = ordered.softmax(dim=-1)
    before = chances.cumsum(dim=-1) - chances
    first = torch.arange(logits.shape[-1]) == 0
    cut = ordered.masked_fill((before >= p) & ~first, -math.inf)
    return torch.empty_like(logits).scatter(-1, places, cut)


# %% wrong="tails: fails for a large k"
def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:
    """The logits, with minus infinity for all but the k largest of each row."""
    best = logits.topk(k, dim=-1)
    return torch.full_like(logits, -math.inf).scatter(-1, best.indices, best.values)


def top_p(logits: torch.Tensor, p: float) -> torch.Tensor:
    """The logits, with minus infinity outside the nucleus: the fewest likeliest tokens with chances of at least p in all."""
    ordered, places = logits.sort(dim=-1, descending=True)
    chances = ordered.softmax(dim=-1)
    before = chances.cumsum(dim=-1) - chances
    first = torch.arange(logits.shape[-1]) == 0
    cut = ordered.masked_fill((before >= p) & ~first, -math.inf)
    return torch.empty_like(logits).scatter(-1, places, cut)


# %% wrong="tails: cuts off the token that reaches p"
def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:
    """The logits, with minus infinity for all but the k largest of each row."""
    best = logits.topk(min(k, logits.shape[-1]), dim=-1)
    return torch.full_like(logits, -math.inf).scatter(-1, best.indices, best.values)


def top_p(logits: torch.Tensor, p: float) -> torch.Tensor:
    """The logits, with minus infinity outside the nucleus: the fewest likeliest tokens with chances of at least p in all."""
    ordered, places = logits.sort(dim=-1, descending=True)
    chances = ordered.softmax(dim=-1)
    before = chances.cumsum(dim=-1)
    first = torch.arange(logits.shape[-1]) == 0
    cut = ordered.masked_fill((before >= p) & ~first, -math.inf)
    return torch.empty_like(logits).scatter(-1, places, cut)


# %% wrong="tails: one too many"
def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:
    """The logits, with minus infinity for all but the k largest of each row."""
    best = logits.topk(min(k, logits.shape[-1]), dim=-1)
    return torch.full_like(logits, -math.inf).scatter(-1, best.indices, best.values)


def top_p(logits: torch.Tensor, p: float) -> torch.Tensor:
    """The logits, with minus infinity outside the nucleus: the fewest likeliest tokens with chances of at least p in all."""
    ordered, places = logits.sort(dim=-1, descending=True)
    chances = ordered.softmax(dim=-1)
    before = chances.cumsum(dim=-1) - chances - chances.roll(1, -1)
    first = torch.arange(logits.shape[-1]) == 0
    cut = ordered.masked_fill((before >= p) & ~first, -math.inf)
    return torch.empty_like(logits).scatter(-1, places, cut)


# %% wrong="tails: nothing left for p of 0"
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
    cut = ordered.masked_fill(before >= p, -math.inf)
    return torch.empty_like(logits).scatter(-1, places, cut)


# %% wrong="tails: leaves them in sorted order"
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
    cut = ordered.masked_fill((before >= p) & ~first, -math.inf)
    return cut


# %% wrong="tails: the unlikely ones"
def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:
    """The logits, with minus infinity for all but the k largest of each row."""
    best = logits.topk(min(k, logits.shape[-1]), dim=-1)
    return torch.full_like(logits, -math.inf).scatter(-1, best.indices, best.values)


def top_p(logits: torch.Tensor, p: float) -> torch.Tensor:
    """The logits, with minus infinity outside the nucleus: the fewest likeliest tokens with chances of at least p in all."""
    ordered, places = logits.sort(dim=-1, descending=False)
    chances = ordered.softmax(dim=-1)
    before = chances.cumsum(dim=-1) - chances
    first = torch.arange(logits.shape[-1]) == 0
    cut = ordered.masked_fill((before >= p) & ~first, -math.inf)
    return torch.empty_like(logits).scatter(-1, places, cut)


# %% wrong="tails: tokens of chance p or more"
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
    cut = ordered.masked_fill((chances < p) & ~first, -math.inf)
    return torch.empty_like(logits).scatter(-1, places, cut)


# %% wrong="tails: chances of those that are kept"
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
    cut = ordered.masked_fill((before >= p) & ~first, -math.inf)
    return torch.empty_like(logits).scatter(-1, places, cut.softmax(-1))


# %% wrong="tails: p as a share of the vocabulary"
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
    cut = ordered.masked_fill((torch.arange(logits.shape[-1]) >= p * logits.shape[-1]) & ~first, -math.inf)
    return torch.empty_like(logits).scatter(-1, places, cut)


# %% equivalent="tails: torch takes the last axis by itself"
# - best = logits.topk(min(k, logits.shape[-1]), dim=-1)
# + best = logits.topk(min(k, logits.shape[-1]))


# %% equivalent="tails: torch takes the last axis by itself, case 2"
# - ordered, places = logits.sort(dim=-1, descending=True)
# + ordered, places = logits.sort(descending=True)


# %% equivalent="tails: the smaller of two numbers does not depend on their order"
# - best = logits.topk(min(k, logits.shape[-1]), dim=-1)
# + best = logits.topk(min(logits.shape[-1], k), dim=-1)


# %% [markdown] explains="tails"
# In sorted order the nucleus is a beginning: a token belongs to it as long as those *before* it add up to less than p. `cumsum` includes the token itself, so its own chance is taken off. For p = 0 the first would be cut too, hence the exception. `scatter` brings sorted values back to their places: position i of the sorted row goes to `places[i]`.


# %% right="beam: heapq, finished beams apart"
def beam_search(log_chances, start, width, steps, end, alpha):
    import heapq

    alive = [(None, tuple(start), 0.0, False)]
    for _ in range(steps):
        pool = []
        for score, ids, total, done in alive:
            if done:
                pool.append((score, ids, total, True))
                continue
            for token, extra in enumerate(log_chances(ids)):
                longer, more = ids + (token,), total + float(extra)
                n = len(longer) - len(start)
                pool.append((more / n**alpha, longer, more, token == end))
        alive = heapq.nlargest(width, pool, key=lambda beam: beam[0])
    return max(alive, key=lambda beam: beam[0])[1]


# %% right="beam: topk over tables"
def beam_search(log_chances, start, width, steps, end, alpha):
    beams, sums = [tuple(start)], torch.zeros(1, dtype=torch.float64)
    for _ in range(steps):
        candidates, totals = [], []
        for ids, total in zip(beams, sums.tolist()):
            written = ids[len(start) :]
            if written and written[-1] == end:
                candidates.append(ids)
                totals.append(total)
                continue
            chances = log_chances(ids).double() + total
            candidates.extend(ids + (token,) for token in range(len(chances)))
            totals.extend(chances.tolist())
        sums = torch.tensor(totals, dtype=torch.float64)
        lengths = torch.tensor([len(ids) - len(start) for ids in candidates])
        best = (sums / lengths.double() ** alpha).topk(min(width, len(candidates))).indices
        beams, sums = [candidates[place] for place in best.tolist()], sums[best]
    return beams[0]


# %% wrong="beam: no correction"
def beam_search(log_chances, start: tuple[int, ...], width: int, steps: int, end: int, alpha: float) -> tuple[int, ...]:
    """The tokens of the beam with the best sum of logarithms, divided by n to the power alpha."""
    score = lambda beam: beam[1]
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
    return beams[0][0]


# %% wrong="beam: the start counts as well"
def beam_search(log_chances, start: tuple[int, ...], width: int, steps: int, end: int, alpha: float) -> tuple[int, ...]:
    """The tokens of the beam with the best sum of logarithms, divided by n to the power alpha."""
    score = lambda beam: beam[1] / len(beam[0]) ** alpha
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
    return beams[0][0]


# %% wrong="beam: corrects at the end only"
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
        beams = sorted(candidates, key=lambda beam: beam[1], reverse=True)[:width]
    return max(beams, key=score)[0]


# %% wrong="beam: greedy"
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
        beams = sorted(candidates, key=score, reverse=True)[:1]
    return beams[0][0]


# %% wrong="beam: finished beams are dropped"
def beam_search(log_chances, start: tuple[int, ...], width: int, steps: int, end: int, alpha: float) -> tuple[int, ...]:
    """The tokens of the beam with the best sum of logarithms, divided by n to the power alpha."""
    score = lambda beam: beam[1] / (len(beam[0]) - len(start)) ** alpha
    beams = [(tuple(start), 0.0)]
    for _ in range(steps):
        candidates = []
        for ids, total in beams:
            if len(ids) > len(start) and ids[-1] == end:
                continue
            else:
                extras = enumerate(log_chances(ids).tolist())
                candidates += [((*ids, token), total + extra) for token, extra in extras]
        beams = sorted(candidates, key=score, reverse=True)[:width] or beams
    return beams[0][0]


# %% wrong="beam: finished beams go on"
def beam_search(log_chances, start: tuple[int, ...], width: int, steps: int, end: int, alpha: float) -> tuple[int, ...]:
    """The tokens of the beam with the best sum of logarithms, divided by n to the power alpha."""
    score = lambda beam: beam[1] / (len(beam[0]) - len(start)) ** alpha
    beams = [(tuple(start), 0.0)]
    for _ in range(steps):
        candidates = []
        for ids, total in beams:
            if False:
                candidates.append((ids, total))
            else:
                extras = enumerate(log_chances(ids).tolist())
                candidates += [((*ids, token), total + extra) for token, extra in extras]
        beams = sorted(candidates, key=score, reverse=True)[:width]
    return beams[0][0]


# %% wrong="beam: an end in the start ends it"
def beam_search(log_chances, start: tuple[int, ...], width: int, steps: int, end: int, alpha: float) -> tuple[int, ...]:
    """The tokens of the beam with the best sum of logarithms, divided by n to the power alpha."""
    score = lambda beam: beam[1] / (len(beam[0]) - len(start)) ** alpha
    beams = [(tuple(start), 0.0)]
    for _ in range(steps):
        candidates = []
        for ids, total in beams:
            if ids[-1] == end and (len(ids) > len(start) or len(candidates) > 99 or ids.count(end) > 1):
                candidates.append((ids, total))
            else:
                extras = enumerate(log_chances(ids).tolist())
                candidates += [((*ids, token), total + extra) for token, extra in extras]
        beams = sorted(candidates, key=score, reverse=True)[:width]
    return beams[0][0]


# %% wrong="beam: the worst"
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
        beams = sorted(candidates, key=score, reverse=False)[:width]
    return beams[0][0]


# %% wrong="beam: products of logarithms"
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
                candidates += [((*ids, token), total * extra if total else extra) for token, extra in extras]
        beams = sorted(candidates, key=score, reverse=True)[:width]
    return beams[0][0]


# %% wrong="beam: the best of each beam only"
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
                token, extra = max(extras, key=lambda pair: pair[1])
                candidates.append(((*ids, token), total + extra))
        beams = sorted(candidates, key=score, reverse=True)[:width]
    return beams[0][0]


# %% wrong="beam: without the start"
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
    return beams[0][0][len(start) :]


# %% wrong="beam: multiplies by the length"
def beam_search(log_chances, start: tuple[int, ...], width: int, steps: int, end: int, alpha: float) -> tuple[int, ...]:
    """The tokens of the beam with the best sum of logarithms, divided by n to the power alpha."""
    score = lambda beam: beam[1] * (len(beam[0]) - len(start)) ** alpha
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
    return beams[0][0]


# %% [markdown] explains="beam"
# A beam is its tokens and the *sum* of its logarithms. The score is computed only to compare, since the sum goes on growing and must not be divided twice. Finished beams stay in the pool: a longer one may overtake them, or it may not. n counts what was written, so `end` is asked for only there.
#
# With one beam this is greedy writing (scores of equal length are in the order of their sums), and with as many beams as there are sentences it is a search through all of them: two cases which a test of any search can use.
