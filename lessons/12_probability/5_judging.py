# %% [markdown]
# ## 15 · All thresholds at once
#
# **In this part you will** judge machines that answer yes or no, that rank, and that draw boxes, and hold three
# readers of digits, made of your own functions, against each other and against published ones.
#
# A threshold is somebody's decision about costs, and the reader itself should not be judged by it. So draw what *every*
# threshold gives. The **ROC curve** plots the true-positive rate against the false-positive rate, from (0, 0), never
# yes, to (1, 1), always yes. Guessing lies on the diagonal. The **area under the curve** (AUC) has a surprising
# meaning: it is the probability that a random positive gets a higher score than a random negative (a tie counts half).
#
# ### Exercise: ROC curve and area
# difficulty 4/5 · 15 minutes · cards: roc, auc
#
# `truth` (n,) holds True and False, each at least once; `score` (n,) any finite numbers, *ties included*. `roc` returns
# two tensors: the false-positive and the true-positive rates, first 0 and 0, then one point for each *different*
# score from the highest down, at which everything with at least that score is called positive. `auc` returns the area.
#
# hint: Pictures with the same score cannot be told apart by any threshold, so they enter together. `unique()` sorts.
#
# hint: The area can be found under the curve, or among all pairs of a positive and a negative.


# %% solution="roc" promises="leaves-inputs, tensors(roc), by-hand(roc_curve, roc_auc_score), any-size(two pictures)"
def roc(truth: torch.Tensor, score: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """False-positive and true-positive rates, for every threshold from the highest score down."""
    ### BEGIN SOLUTION
    thresholds = score.unique().flip(0)
    says = score >= thresholds[:, None]
    start = torch.zeros(1)
    false_alarms = (says & ~truth).sum(dim=1) / (~truth).sum()
    found = (says & truth).sum(dim=1) / truth.sum()
    return torch.cat([start, false_alarms]), torch.cat([start, found])
    ### END SOLUTION


def auc(truth: torch.Tensor, score: torch.Tensor) -> float:
    """The area under the ROC curve."""
    ### BEGIN SOLUTION
    false_alarms, found = roc(truth, score)
    return torch.trapezoid(found, false_alarms).item()
    ### END SOLUTION


# %% tests="roc" points=5
def examples(rng):
    truth = torch.tensor([True, False, True, False, False])
    yield checks.example(roc, {"truth": truth, "score": rng.tensor(5)}, of="roc")
    yield checks.example(auc, {"truth": truth, "score": rng.tensor(5)})
    two = {"truth": torch.tensor([True, False]), "score": torch.tensor([0.3, 0.7])}
    yield checks.example(roc, two, of="roc", size="two pictures", right=([0.0, 1.0, 1.0], [0.0, 0.0, 1.0]))
    yield checks.example(auc, two, size="two pictures", right=0.0)


with checks.check("four pictures, two with the same score", hint="highest score first; equal ones together", points=1):
    truth, score = torch.tensor([True, False, True, False]), torch.tensor([0.9, 0.5, 0.5, 0.1])
    false_alarms, found = roc(truth, score)
    checks.close(false_alarms, [0.0, 0.0, 0.5, 1.0], what="false-positive rates")
    checks.close(found, [0.0, 0.5, 1.0, 1.0], what="true-positive rates")
    checks.close(auc(truth, score), 0.875, rtol=1e-4, what="area")


### BEGIN HIDDEN TESTS
def ranking(rng, n, ties):
    """Truth and scores, of either sign, with ties or without; good ones a little higher."""
    truth = rng.permutation(n) < max(1, n // 3)
    raw = rng.tensor(n) * 3 + 2.0 * truth
    return truth, raw.round() if ties else raw


rng = checks.rng()
cases = [ranking(rng, n, ties) for n, ties in ((3, False), (12, True), (30, False), (40, True))]
truth, raw = cases[2]  # also scores of other sizes, that differ in the third digit or later
for score in (0.5 + raw / 1000, 1e-9 * raw, 1e9 + 64 * rng.permutation(30), 1 + raw.double() / 1e12):
    cases.append((truth, score))
with checks.check("every point of any curve", hint="one point for each different score", points=2):
    for truth, score in cases:
        right = [(0.0, 0.0)]
        for threshold in sorted(set(score.tolist()), reverse=True):
            says = [one >= threshold for one in score.tolist()]
            found = [sum(t == kind and s for t, s in zip(truth.tolist(), says, strict=True)) for kind in (False, True)]
            right.append((found[0] / int((~truth).sum()), found[1] / int(truth.sum())))
        got = roc(truth, score)
        checks.close(got[0], [one[0] for one in right], rtol=1e-4, atol=1e-5, what="false-positive rates")
        checks.close(got[1], [one[1] for one in right], rtol=1e-4, atol=1e-5, what="true-positive rates")
with checks.check("areas, pair by pair", hint="how often is the positive above the negative? A tie is half", points=2):
    for truth, score in [*cases, (cases[1][0], -cases[1][1]), (cases[2][0], torch.zeros(30))]:
        pairs = [(p, q) for p in score[truth].tolist() for q in score[~truth].tolist()]
        right = sum((p > q) + 0.5 * (p == q) for p, q in pairs) / len(pairs)
        checks.close(auc(truth, score), right, rtol=1e-4, atol=1e-5)
### END HIDDEN TESTS

# %% [markdown]
# ROC has a blind spot. Search a million documents for the ten that matter: a false-positive rate of one in a thousand
# looks splendid on the curve, and means a thousand wrong ones for ten right. There one looks at the ranking itself:
#
# - **precision at K**: the share of right ones among the K with the highest scores, the first page of a search;
# - the **precision–recall curve**: go down the list, and at each rank note both;
# - **interpolated precision** at a recall $r$: the highest precision at any rank whose recall is at least $r$;
# - **average precision** (AP): the mean, over all positives, of the precision at their ranks. It is the area under
#   the steps of the precision–recall curve, and 1 if all positives come first;
# - **mAP**: the mean of the average precisions over several queries or classes.
#
# ### Exercise: down the list
# difficulty 3/5 · 12 minutes · cards: precision-at-k, average-precision, precision-recall-curve, interpolated-precision
#
# `truth` (n,) holds at least one True; no two of the scores (n,) are equal. `k` is at least 1 and at most n, `recall`
# lies above 0 and up to 1.
#
# hint: Sort the truth by the scores, the highest first. `cumsum` then counts the right ones so far at every rank.


# %% solution="ranking" promises="leaves-inputs, by-hand(average_precision_score), any-size(one positive)"
def precision_at(truth: torch.Tensor, score: torch.Tensor, k: int) -> float:
    """The share of right ones among the k highest scores."""
    ### BEGIN SOLUTION
    return truth[score.argsort(descending=True)[:k]].float().mean().item()
    ### END SOLUTION


def average_precision(truth: torch.Tensor, score: torch.Tensor) -> float:
    """The mean of the precisions at the ranks of the right ones."""
    ### BEGIN SOLUTION
    ranked = truth[score.argsort(descending=True)]
    precision = ranked.cumsum(dim=0) / torch.arange(1, len(truth) + 1)
    return precision[ranked].mean().item()
    ### END SOLUTION


def interpolated_precision(truth: torch.Tensor, score: torch.Tensor, recall: float) -> float:
    """The highest precision at any rank whose recall is at least this."""
    ### BEGIN SOLUTION
    found = truth[score.argsort(descending=True)].cumsum(dim=0)
    precision = found / torch.arange(1, len(truth) + 1)
    return precision[found / truth.sum() >= recall].max().item()
    ### END SOLUTION


# %% tests="ranking" points=5
def examples(rng):
    truth, score = torch.tensor([True, False, False, True, False]), rng.tensor(5)
    yield checks.example(precision_at, {"truth": truth, "score": score, "k": 2})
    yield checks.example(average_precision, {"truth": truth, "score": score})
    yield checks.example(interpolated_precision, {"truth": truth, "score": score, "recall": 0.5})
    single = {"truth": torch.tensor([False, True]), "score": torch.tensor([0.9, 0.2])}
    yield checks.example(average_precision, single, size="one positive", right=0.5)
    yield checks.example(interpolated_precision, {**single, "recall": 1.0}, size="one positive", right=0.5)


with checks.check("right, wrong, right, wrong", hint="precisions at ranks 1 and 3 are 1 and ⅔", points=1):
    truth, score = torch.tensor([True, False, True, False]), torch.tensor([4.0, 3.0, 2.0, 1.0])
    checks.close(precision_at(truth, score, 2), 0.5, rtol=1e-4, what="at 2")
    checks.close(average_precision(truth, score), 5 / 6, rtol=1e-4, what="average")
    checks.close(interpolated_precision(truth, score, 0.75), 2 / 3, rtol=1e-4, what="at recall ¾ or more")
### BEGIN HIDDEN TESTS
rng = checks.rng()
cases = []
for n in (5, 12, 40):
    truth = rng.permutation(n) < max(2, n // 4)
    cases.append((truth, (rng.permutation(n) - n / 2) * 0.37))
cases.append((truth, 1 + rng.permutation(n).double() / 1e12))


def walk(truth, score):
    """Precision and recall at every rank, and whether that rank is right."""
    ranked, found, rows = [t for _, t in sorted(zip(score.tolist(), truth.tolist(), strict=True), reverse=True)], 0, []
    for rank, right in enumerate(ranked, start=1):
        found += right
        rows.append((found / rank, found / sum(ranked), right))
    return rows


with checks.check("precision at any K", hint="the K highest scores"):
    for truth, score in cases:
        for k in (1, 2, len(truth) // 2, len(truth)):
            right = walk(truth, score)[k - 1][0]
            checks.close(precision_at(truth, score, k), right, rtol=1e-4, atol=1e-6, what=f"k = {k}")
with checks.check(
    "average precision of any ranking", hint="only the ranks of right ones count; divide by their number", points=2
):
    for truth, score in [*cases, (cases[0][0], cases[0][0] + cases[0][1] / 100), (~cases[2][0], cases[2][1])]:
        right = [precision for precision, _, good in walk(truth, score) if good]
        checks.close(average_precision(truth, score), sum(right) / len(right), rtol=1e-4)
with checks.check("interpolated precision at any recall", hint="also far down the list the precision may rise again"):
    late = (torch.tensor([False, True, True]), torch.tensor([0.3, 0.2, 0.1]))
    for truth, score in [*cases, late]:
        for recall in (0.05, 0.37, 0.61, 0.93):
            right = max(precision for precision, reached, _ in walk(truth, score) if reached >= recall)
            checks.close(interpolated_precision(truth, score, recall), right, rtol=1e-4, what=f"recall {recall}")
### END HIDDEN TESTS

# %%
figure, axes = plt.subplots(1, 2, figsize=(8.5, 3))
for digit in (0, 8):
    truth, score = digits.valid_y == digit, beliefs[:, digit].double()
    axes[0].plot(*roc(truth, score), label=f"{digit}: area {auc(truth, score):.3f}")
    ranked = truth[score.argsort(descending=True)]
    precision, name = ranked.cumsum(0) / torch.arange(1, 1001), f"{digit}: AP {average_precision(truth, score):.3f}"
    axes[1].plot(ranked.cumsum(0) / 100, precision, label=name)
axes[0].set(xlabel="false-positive rate", ylabel="true-positive rate")
axes[1].set(xlabel="recall", ylabel="precision")
for axis in axes:
    axis.legend(fontsize=8)
figure.tight_layout()

# %% [markdown]
# Both areas look excellent. The average precision tells the two digits apart more clearly, since it counts false
# alarms against the hundred true eights and not against the nine hundred others.
#
# *Further reading:* Manning, Raghavan and Schütze, *Introduction to Information Retrieval*, chapter 8; Davis and
# Goadrich, "The Relationship Between Precision-Recall and ROC Curves" (2006).
#
# ## 16 · Boxes
#
# A **detector** says what is in a picture and where. For each place it returns a vector: is there an object at all;
# four numbers for the box (centre, width and height, or two corners); a score for each class. Its loss has two cases:
# where there is an object, all parts count; where there is none, only the first. **YOLO** lays a grid over the picture,
# and the cell that holds an object's midpoint is responsible for it, so one pass of the network gives all boxes.
# **R-CNN** and its kin first propose regions and then classify each, which is slower. If a cell should report several
# objects, it gets a few **anchor boxes**: typical shapes, with one output vector for each, and an object goes to the
# anchor with the highest IoU. (That still fails for more objects than anchors, or for two of the same shape.)
#
# How good is a detector? Rank its boxes by their score, decide which are right, and compute the average precision.
# *Right* means: the **IoU** with a true box, common area by the area of both together, reaches a threshold, and no box
# with a higher score has claimed that true box. Objects that *no* box found are in no list, but count in the recall.


# %% setup
def iou(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The IoU of every pair of boxes (x1, y1, x2, y2): (n, 4) and (m, 4) to (n, m)."""
    first, last = a[:, None, :2].maximum(b[None, :, :2]), a[:, None, 2:].minimum(b[None, :, 2:])
    common = (last - first).clamp(min=0).prod(dim=2)
    areas = [(box[:, 2:] - box[:, :2]).prod(dim=1) for box in (a, b)]
    return common / (areas[0][:, None] + areas[1] - common)


# %% [markdown]
# ### Exercise: which boxes are right?
# difficulty 4/5 · 15 minutes · cards: detection-match, mean-average-precision
#
# `iou` stands above. `match` gets the boxes (n, 4) of a detector in one picture with their scores (n,), all
# different, and the true boxes (m, 4), at least one. From the highest score down, each box goes for the true box with
# which it overlaps *most*, by IoU (if there are several, any of them). It is right if that IoU is *at least* the
# threshold and nobody has claimed that true box; then it claims it. A box whose favourite is taken is a double, and
# wrong, even if it also overlaps with another one. Return n times True or False, in the order of `boxes`.
#
# `detection_ap` gets these for a whole collection, with the scores, and the number of `objects` that there are, found
# or not: the sum of the precisions at the ranks of the right boxes, divided by `objects`.


# %% solution="detections" promises="leaves-inputs, any-size(one box)"
def match(boxes: torch.Tensor, score: torch.Tensor, true_boxes: torch.Tensor, threshold: float) -> torch.Tensor:
    """For each box (n,) whether it is right."""
    ### BEGIN SOLUTION
    right, claimed = torch.zeros(len(boxes), dtype=torch.bool), set()
    for k in score.argsort(descending=True).tolist():
        overlap, favourite = iou(boxes[k : k + 1], true_boxes)[0].max(dim=0)
        if overlap >= threshold and favourite.item() not in claimed:
            claimed.add(favourite.item())
            right[k] = True
    return right
    ### END SOLUTION


def detection_ap(right: torch.Tensor, score: torch.Tensor, objects: int) -> float:
    """The average precision of these boxes (n,), when there are so many objects to find."""
    ### BEGIN SOLUTION
    ranked = right[score.argsort(descending=True)]
    precision = ranked.cumsum(dim=0) / torch.arange(1, len(ranked) + 1)
    return precision[ranked].sum().item() / objects
    ### END SOLUTION


# %% tests="detections" points=5
def examples(rng):
    corners = 10 * rng.tensor(4, 2)
    boxes = torch.cat([corners, corners + 2 + rng.tensor(4, 2, low=0, high=2)], dim=1)
    found = {"boxes": boxes, "score": rng.tensor(4), "true_boxes": boxes[:2] + 0.3}
    yield checks.example(match, found | {"threshold": 0.5})
    yield checks.example(detection_ap, {"right": torch.tensor([True, False]), "score": rng.tensor(2), "objects": 3})
    one = torch.tensor([[0.0, 0.0, 2.0, 2.0]])
    single = {"boxes": one, "score": torch.tensor([0.1]), "true_boxes": one, "threshold": 1.0}
    yield checks.example(match, single, size="one box", right=lambda *_: torch.tensor([True]))


with checks.check("a good box, its double, and one beside everything", hint="who claims it first?", points=1):
    truth = torch.tensor([[0.0, 0.0, 4.0, 4.0], [10.0, 0.0, 14.0, 4.0]])
    boxes = torch.tensor([[0.0, 0.0, 4.0, 4.0], [0.0, 0.0, 4.0, 3.0], [20.0, 0.0, 24.0, 4.0], [10.0, 0.0, 14.0, 2.0]])
    checks.equal(match(boxes, torch.tensor([0.7, 0.9, 0.8, 0.1]), truth, 0.5), [False, True, False, True])
    checks.close(detection_ap(torch.tensor([True, False, True]), torch.tensor([0.9, 0.8, 0.7]), 4), 5 / 12, rtol=1e-4)


### BEGIN HIDDEN TESTS
def overlap(a, b):
    """The IoU of two boxes, by plain numbers."""
    wide, high = (max(0.0, min(a[k + 2], b[k + 2]) - max(a[k], b[k])) for k in (0, 1))
    area = lambda box: (box[2] - box[0]) * (box[3] - box[1])
    return wide * high / (area(a) + area(b) - wide * high)


def matched(boxes, score, truth, threshold):
    """What is right, by the rules in the text."""
    taken, right = set(), [False] * len(boxes)
    for k in sorted(range(len(boxes)), key=lambda k: -score[k]):
        overlaps = [overlap(boxes[k], one) for one in truth]
        best = overlaps.index(max(overlaps))
        if overlaps[best] >= threshold and best not in taken:
            taken.add(best)
            right[k] = True
    return right


rng = checks.rng()
with checks.check(
    "any picture, any threshold", hint="each box's favourite; a box whose favourite is taken is wrong", points=2
):
    for threshold in (0.31, 0.52, 0.73):
        truth = torch.tensor([[0, 0, 6, 5], [2, 1, 8, 6.5], [-7, 3, -2, 9], [20, 20, 23, 29]])
        spread = torch.tensor([0.2, 0.6, 1.2, 0.6]).repeat_interleave(4)[:, None]
        boxes = truth.repeat(4, 1) + rng.tensor(16, 4) * spread
        score = rng.permutation(16) * 0.11 - 0.5
        right = matched(boxes.tolist(), score.tolist(), truth.tolist(), threshold)
        checks.equal(match(boxes, score, truth, threshold), right, what=f"threshold {threshold}")
    pair = torch.tensor([[0.0, 0.0, 10.0, 10.0], [0.0, 0.0, 10.0, 8.0]])  # both go for the first one
    twice = torch.tensor([[0.0, 0.0, 10.0, 10.0], [0.0, 0.0, 10.0, 9.2]])
    checks.equal(match(twice, torch.tensor([2.0, 1.0]), pair, 0.5), [True, False], what="a double")
    inside = torch.tensor([[0.0, 0.0, 10.0, 10.0], [6.0, 6.0, 8.0, 8.0]])  # a small one within a large one
    nearer = torch.tensor([[2.0, 2.0, 11.0, 11.0], [6.0, 6.0, 8.0, 8.5]])  # to the small centre; more of the large area
    checks.equal(match(nearer, torch.tensor([2.0, 1.0]), inside, 0.5), [True, True], what="a small and a large one")
    checks.equal(match(pair.flip(0), torch.tensor([2.0, 1.0]), pair, 0.5), [True, True], what="each fits the other's")
    for threshold, height in ((0.3, 4.0), (0.5, 5.0), (0.7, 6.0)):  # an IoU of a tenth of the height
        got = match(torch.tensor([[0.0, 0.0, 10.0, height]]), torch.ones(1), pair[:1], threshold)
        checks.equal(got, [height < 6], what=f"an IoU of {height / 10}, a threshold of {threshold}")
    poor = torch.tensor([[0.0, 0.0, 10.0, 3.0], [0.0, 0.0, 10.0, 9.0]])
    checks.equal(match(poor, torch.tensor([2.0, 1.0]), pair[:1], 0.5), [False, True], what="a poor box, and a good one")
with checks.check("average precision of any collection", hint="what nobody found lowers it too", points=2):
    for n, objects in ((3, 9), (12, 7), (30, 40)):
        right, score = rng.permutation(n) < min(objects, n // 2), rng.permutation(n) * 0.3 - 2
        ranked = [r for _, r in sorted(zip(score.tolist(), right.tolist(), strict=True), reverse=True)]
        expected = sum(sum(ranked[: k + 1]) / (k + 1) for k in range(n) if ranked[k]) / objects
        checks.close(detection_ap(right, score, objects), expected, rtol=1e-4)
    checks.close(detection_ap(torch.tensor([False, False]), torch.tensor([0.1, 0.2]), 3), 0.0, what="nothing found")
### END HIDDEN TESTS

# %% [markdown]
# A made-up detector: each object is found with a box some pixels off, sometimes twice, and there are false alarms.
# **Predict** how the AP changes with the required IoU. (COCO's mAP: mean over IoUs 0.5, 0.55, … 0.95 and all classes.)

# %%
generator, right, sure = torch.Generator().manual_seed(0), {level: [] for level in (0.5, 0.75, 0.9)}, []
for _ in range(60):  # pictures with five objects each
    corner = torch.rand(5, 2, generator=generator) * 200
    truth = torch.cat([corner, corner + 30], dim=1)
    boxes = torch.cat([truth, truth[:2], truth[:3] + 60]) + 2 * torch.randn(10, 4, generator=generator)
    score = torch.rand(10, generator=generator) + torch.tensor([1.0] * 7 + [0.2] * 3)
    sure.append(score)
    for level, found in right.items():
        found.append(torch.as_tensor(match(boxes, score, truth, level)))
for level, found in right.items():
    print(f"AP at IoU {level}: {detection_ap(torch.cat(found), torch.cat(sure), 300):.3f}")

# %% [markdown]
# Errors of two pixels in thirty hardly matter at an IoU of 0.5, and are nearly always too large for 0.9.
#
# *Further reading:* Redmon and others, "You Only Look Once" (2016); Everingham and others, "The PASCAL Visual Object
# Classes (VOC) Challenge" (2010), whose rule for doubles is yours.
#
# ## 17 · Three readers
#
# Now everything meets. Three readers of the real digits, each a law of pictures or of classes:
#
# - **naive Bayes**: each pixel of a class is a coin. Your `posterior` and `beta_moments` learn $10 \cdot 784$ coins
#   from the training pictures, and *given the class* the pixels count as independent;
# - **Gaussian**: each class is a Gaussian over 40 principal components (lesson 2), with your `log_normal`;
# - **linear**: a softmax on a linear layer, fitted by descending the NLL.
#
# The first two learn $P(\text{picture} \mid \text{class})$ and turn it round by Bayes' rule: with ten equally likely
# classes, the softmax of the log densities. **Predict** their order in accuracy and in perplexity. (Guessing has 10.)

# %%
ink_train, ink_valid = (flat_train > 0.5).double(), (flat_valid > 0.5).double()
of_class = [digits.train_y == digit for digit in range(10)]
coins_of = [posterior(1.0, 1.0, ink_train[one].sum(dim=0), (1 - ink_train[one]).sum(dim=0)) for one in of_class]
chance = torch.stack([torch.as_tensor(beta_moments(*pair)[0]) for pair in coins_of])
logits = {"naive Bayes": ink_valid @ chance.log().T + (1 - ink_valid) @ (1 - chance).log().T}

# %%
middle = flat_train.double().mean(dim=0)
axes_40 = torch.linalg.eigh((flat_train.double() - middle).T.cov()).eigenvectors[:, -40:]
low_train, low_valid = (flat_train - middle) @ axes_40, (flat_valid - middle) @ axes_40
laws = [(low_train[one].mean(dim=0), low_train[one].T.cov()) for one in of_class]
logits["Gaussian"] = torch.stack([torch.as_tensor(log_normal(low_valid, *law)) for law in laws], dim=1)

# %%
w, b = torch.zeros(784, 10, requires_grad=True), torch.zeros(10, requires_grad=True)
optimiser = torch.optim.Adam([w, b], lr=0.02)
for _ in range(device.budget(60)):
    optimiser.zero_grad()
    F.cross_entropy(flat_train @ w + b, digits.train_y).backward()
    optimiser.step()
logits["linear"] = (flat_valid @ w + b).detach().double()

# %%
published = {"linear": "0.880  LeCun's MNIST page: linear classifier"}
published |= {"Gaussian": "0.967  LeCun's page: 40 PCA + quadratic"}
print(f"{'':13}{'accuracy':>9}{'±':>7}{'perplexity':>12}{'mean AUC':>10}{'mAP':>7}   published accuracy")
for name, scored in logits.items():
    right = (scored.argmax(dim=1) == digits.valid_y).double().mean().item()
    unsure = float(perplexity(scored[None], digits.valid_y[None]))
    odds = [scored[:, k] - scored[:, torch.arange(10) != k].logsumexp(dim=1) for k in range(10)]
    areas = np.mean([auc(digits.valid_y == k, odds[k]) for k in range(10)])
    found = np.mean([average_precision(digits.valid_y == k, odds[k]) for k in range(10)])
    error, known = math.sqrt(right * (1 - right) / 1000), published.get(name, "—")
    print(f"{name:13}{right:9.3f}{error:7.3f}{unsure:12.2f}{areas:10.3f}{found:7.3f}   {known}")

# %% [markdown]
# The Gaussian reader has the best accuracy, and a perplexity *worse than guessing*. Naive Bayes is far worse still. How
# can somebody be right so often, and so surprised? With the pictures sorted by the belief in the answer, the dots show
# how often a reader was right. On the diagonal it is **calibrated**: of all answers given with 70 %, 70 % are right.

# %%
figure, axes = plt.subplots(1, 3, figsize=(9.5, 2.8), sharey=True)
for axis, (name, scored) in zip(axes, logits.items(), strict=True):
    for heat, style in ((1, "o-"), (10, "x--")):
        sure, answer = (scored / heat).softmax(dim=1).max(dim=1)
        groups = sure.argsort().reshape(10, 100)  # a hundred pictures each, from the most doubtful to the surest
        right = (answer == digits.valid_y)[groups].double()
        axis.plot(sure[groups].mean(dim=1), right.mean(dim=1), style, label=f"logits / {heat}")
    cooler = float(perplexity(scored[None] / 10, digits.valid_y[None]))
    print(f"{name:12} with logits / 10: perplexity {cooler:.2f}")
    axis.plot([0, 1], [0, 1], "k:", linewidth=0.8)
    axis.set(title=name, xlabel="how sure")
axes[0].set_ylabel("how often right")
axes[0].legend(fontsize=7)
figure.tight_layout()

# %% [markdown]
# Naive Bayes adds up the evidence of 784 pixels as if each had seen the digit on its own. But neighbours repeat each
# other (remember section 10, where they knew many times more than there was to know), so it takes the same evidence
# many times and is nearly always *certain*; its surest mistake costs over a hundred nats. The Gaussian's tails are too
# thin: a picture that is unlike all others lies many deviations away from every class, and the class that is by chance
# a little nearer gets all of the belief. One single picture costs it a thousand nats, which alone multiplies its
# perplexity by $e^{1000/1000}$. Dividing the logits by ten, a **temperature**, changes no answer, and repairs most of
# it. The linear reader, fitted by the NLL itself, never had the problem, and is ruined by the same treatment.
#
# The moral: accuracy, AUC, AP and NLL judge different promises. If *probabilities* are used, judge them as such.
#
# *Further reading:* Guo and others, "On Calibration of Modern Neural Networks" (2017).
#
# ## 18 · In your own words
# Two to five sentences each are enough. Write as you would to somebody who has not taken this course.

# %% [markdown] question="sure_and_wrong" points=2
# **Right, and surprised.** In your table the Gaussian reader has a higher accuracy than the linear one and a far
# worse perplexity. Explain how both can be true at once, and what one mistake made with certainty costs. Then name a
# use for which you would take the Gaussian reader as it is, and one for which you would not.
#
# ### BEGIN MARK SCHEME
# - 1 point: accuracy counts only which class comes first; perplexity is the exponential of the mean of −log P(truth),
#   and a truth that was held to be nearly impossible, P = e^−100, adds 100/1000 to that mean on its own.
# - 1 point: a fitting pair: as it is, where only the answer (or the ranking) counts, such as sorting mail with equal
#   costs; not where probabilities are used, such as handing doubtful cases to a person, combining readers, or
#   weighing costs.
# - No first point for "perplexity is another metric".
# ### END MARK SCHEME

# %% [markdown] question="rare_disease" points=2
# **A good test.** One in a thousand has a disease. A test finds 99 % of the ill, and raises a false alarm for 1 % of
# the healthy. Your test is positive: how likely are you ill? Which of the curves of section 15 would have warned you,
# and which would look the same if one in two were ill?
#
# ### BEGIN MARK SCHEME
# - 1 point: 0.001 · 0.99 / (0.001 · 0.99 + 0.999 · 0.01) = 0.09, about 1 in 11 (an argument by counts among 100,000
#   people is as good).
# - 1 point: precision–recall warns (precision is that 9 %); ROC stays the same, since both its rates are taken within
#   the ill and within the healthy.
# - No first point for 99 %.
# ### END MARK SCHEME

# %% [markdown] question="mean_of_percentiles" points=2
# **The mean of two percentiles.** Two servers answer half of the requests each. One has a p99 of 100 ms, the other of
# 300 ms. A colleague reports "our p99 is 200 ms". Why can that not be concluded? Give the range in which the common
# p99 lies, and say what the servers should report instead.
#
# ### BEGIN MARK SCHEME
# - 1 point: percentiles do not average; the p99 of all requests is where the *common* CDF reaches 0.99, and that
#   depends on both whole laws. It lies between 100 and 300 ms: below 100 ms both have less than 99 %, at 300 ms both
#   have at least 99 %.
# - 1 point: report counts in bins (a histogram), or the raw latencies or a mergeable sketch, and take the percentile
#   of all together.
# - No first point for "one should take the maximum" without a reason.
# ### END MARK SCHEME

# %% [markdown]
# ## What you have built
# Laws and their samplers, fits, measures of surprise, estimates with their errors, two walks, and the scores by which
# machines are judged, all tested against exact laws and used on real digits.
#
# **Now you can** judge a yes, a ranking and a box, and tell a machine that is right from one that knows how sure to be.
