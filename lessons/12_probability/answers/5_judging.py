# Answers to the exercises of 5_judging.py, right and wrong: what `course audit` grades. No student sees them.

# %% [markdown] explains="roc"
# `unique` gives each score once, in rising order, so turned around it lists the thresholds from the highest down.
# Comparing all scores with all thresholds makes a table, one row for each threshold, and equal scores cross over in
# the same row. There the curve makes a slanted step.
#
# The trapezoid below a slanted step is what counts ties as one half. Pair by pair: of all pairs of a positive and a
# negative, the share in which the positive is higher, plus half of the ties.


# %% [markdown] explains="ranking"
# Sorted by the score, `cumsum` counts the right ones down to each rank; divided by the rank it is the precision
# there. The right ranks alone are picked and averaged: between two right ones nothing new is found, so nothing is
# added to the area.
#
# The maximum over all ranks with at least that recall asks: if somebody wants so much found, what is the best list
# that can be handed over? It may be a longer one.


# %% [markdown] explains="detections"
# Boxes are judged from the surest down, because the first one to claim a true box must be the one that the detector
# believes in most. What follows is a comparison of *one* overlap, that with the favourite. The rule is PASCAL's; COCO
# lets a box try for the best of the true boxes that are still free.
#
# Dividing by the number of objects, and not of right boxes, makes each object that nobody found count as a precision
# of 0.


# %% right="roc: a walk down the list, and all pairs"
def roc(truth, score):
    n_pos, n_neg = int(truth.sum()), int((~truth).sum())
    fpr, tpr = [0.0], [0.0]
    for threshold in sorted(set(score.tolist()), reverse=True):
        chosen = score >= threshold
        tpr.append(int((truth & chosen).sum()) / n_pos)
        fpr.append(int((~truth & chosen).sum()) / n_neg)
    return torch.tensor(fpr), torch.tensor(tpr)


def auc(truth, score):
    p, q = score[truth][:, None], score[~truth][None, :]
    return ((p > q).double() + 0.5 * (p == q).double()).mean().item()


# %% right="roc: unique with inverse, counts added up"
def roc(truth, score):
    values, place = torch.unique(score, return_inverse=True)
    k = len(values)
    up = torch.zeros(k, dtype=torch.float64).index_add(0, k - 1 - place, truth.double()).cumsum(0)
    side = torch.zeros(k, dtype=torch.float64).index_add(0, k - 1 - place, (~truth).double()).cumsum(0)
    zero = torch.zeros(1, dtype=torch.float64)
    return torch.cat([zero, side / side[-1]]), torch.cat([zero, up / up[-1]])


def auc(truth, score):
    x, y = roc(truth, score)
    return float(((x[1:] - x[:-1]) * (y[1:] + y[:-1]) / 2).sum())


# %% wrong="roc: one point for each picture, ties in the order of the list"
def roc(truth, score):
    ranked = truth[score.argsort(descending=True, stable=True)]
    zero = torch.zeros(1)
    return torch.cat([zero, (~ranked).cumsum(0) / (~truth).sum()]), torch.cat([zero, ranked.cumsum(0) / truth.sum()])


def auc(truth, score):
    x, y = roc(truth, score)
    return torch.trapezoid(y, x).item()


# %% wrong="roc: the two axes exchanged"
def roc(truth, score):
    says = score >= score.unique().flip(0)[:, None]
    zero = torch.zeros(1)
    side, up = (says & ~truth).sum(1) / (~truth).sum(), (says & truth).sum(1) / truth.sum()
    return torch.cat([zero, up]), torch.cat([zero, side])


def auc(truth, score):
    x, y = roc(truth, score)
    return torch.trapezoid(x, y).item()


# %% wrong="roc: above the threshold only"
def roc(truth, score):
    says = score > score.unique().flip(0)[:, None]
    zero = torch.zeros(1)
    side, up = (says & ~truth).sum(1) / (~truth).sum(), (says & truth).sum(1) / truth.sum()
    return torch.cat([zero, side]), torch.cat([zero, up])


def auc(truth, score):
    x, y = roc(truth, score)
    return torch.trapezoid(y, x).item()


# %% wrong="roc: ties count as lost"
def roc(truth, score):
    says = score >= score.unique().flip(0)[:, None]
    zero = torch.zeros(1)
    side, up = (says & ~truth).sum(1) / (~truth).sum(), (says & truth).sum(1) / truth.sum()
    return torch.cat([zero, side]), torch.cat([zero, up])


def auc(truth, score):
    return (score[truth][:, None] > score[~truth][None, :]).float().mean().item()


# %% wrong="roc: the larger of the area and its rest"
def roc(truth, score):
    says = score >= score.unique().flip(0)[:, None]
    zero = torch.zeros(1)
    side, up = (says & ~truth).sum(1) / (~truth).sum(), (says & truth).sum(1) / truth.sum()
    return torch.cat([zero, side]), torch.cat([zero, up])


def auc(truth, score):
    x, y = roc(truth, score)
    area = torch.trapezoid(y, x).item()
    return max(area, 1 - area)


# %% wrong="roc: shares of all pictures"
def roc(truth, score):
    says = score >= score.unique().flip(0)[:, None]
    zero = torch.zeros(1)
    side, up = (says & ~truth).sum(1) / len(truth), (says & truth).sum(1) / len(truth)
    return torch.cat([zero, side]), torch.cat([zero, up])


def auc(truth, score):
    p, q = score[truth][:, None], score[~truth][None, :]
    return ((p > q).double() + 0.5 * (p == q).double()).mean().item()


# %% right="ranking: plain Python"
def _ranked(truth, score):
    pairs = sorted(zip(score.tolist(), truth.tolist()), key=lambda pair: -pair[0])
    return [right for _, right in pairs]


def precision_at(truth, score, k):
    return sum(_ranked(truth, score)[:k]) / k


def average_precision(truth, score):
    found, total = 0, 0.0
    for rank, right in enumerate(_ranked(truth, score), start=1):
        if right:
            found += 1
            total += found / rank
    return total / found


def interpolated_precision(truth, score, recall):
    best, found, ranked = 0.0, 0, _ranked(truth, score)
    for rank, right in enumerate(ranked, start=1):
        found += right
        if found / sum(ranked) >= recall:
            best = max(best, found / rank)
    return best


# %% right="ranking: the area under the steps, topk, flip and cummax"
def precision_at(truth, score, k):
    return truth[score.topk(k).indices].double().mean()


def average_precision(truth, score):
    hits = truth[torch.sort(score, descending=True).indices].double()
    recall = hits.cumsum(0) / hits.sum()
    precision = hits.cumsum(0) / torch.arange(1, len(hits) + 1, dtype=torch.float64)
    return (torch.diff(recall, prepend=torch.zeros(1, dtype=torch.float64)) * precision).sum()


def interpolated_precision(truth, score, recall):
    hits = truth[torch.sort(score, descending=True).indices].double()
    reached = hits.cumsum(0) / hits.sum()
    precision = hits.cumsum(0) / torch.arange(1, len(hits) + 1, dtype=torch.float64)
    envelope = precision.flip(0).cummax(0).values.flip(0)
    return envelope[(reached >= recall).nonzero()[0, 0]]


# %% wrong="ranking: the lowest scores first"
def precision_at(truth, score, k):
    return truth[score.argsort()[:k]].float().mean().item()


def average_precision(truth, score):
    ranked = truth[score.argsort()]
    return (ranked.cumsum(0) / torch.arange(1, len(truth) + 1))[ranked].mean().item()


def interpolated_precision(truth, score, recall):
    found = truth[score.argsort()].cumsum(0)
    return (found / torch.arange(1, len(truth) + 1))[found / truth.sum() >= recall].max().item()


# %% wrong="ranking: the mean over all ranks"
def precision_at(truth, score, k):
    return truth[score.argsort(descending=True)[:k]].float().mean().item()


def average_precision(truth, score):
    ranked = truth[score.argsort(descending=True)]
    return (ranked.cumsum(0) / torch.arange(1, len(truth) + 1)).mean().item()


def interpolated_precision(truth, score, recall):
    found = truth[score.argsort(descending=True)].cumsum(0)
    return (found / torch.arange(1, len(truth) + 1))[found / truth.sum() >= recall].max().item()


# %% wrong="ranking: the precision where the recall is first reached"
def precision_at(truth, score, k):
    return truth[score.argsort(descending=True)[:k]].float().mean().item()


def average_precision(truth, score):
    ranked = truth[score.argsort(descending=True)]
    return (ranked.cumsum(0) / torch.arange(1, len(truth) + 1))[ranked].mean().item()


def interpolated_precision(truth, score, recall):
    found = truth[score.argsort(descending=True)].cumsum(0)
    return (found / torch.arange(1, len(truth) + 1))[found / truth.sum() >= recall][0].item()


# %% wrong="ranking: the highest precision anywhere"
def precision_at(truth, score, k):
    return truth[score.argsort(descending=True)[:k]].float().mean().item()


def average_precision(truth, score):
    ranked = truth[score.argsort(descending=True)]
    return (ranked.cumsum(0) / torch.arange(1, len(truth) + 1))[ranked].mean().item()


def interpolated_precision(truth, score, recall):
    found = truth[score.argsort(descending=True)].cumsum(0)
    return (found / torch.arange(1, len(truth) + 1)).max().item()


# %% wrong="ranking: right ones among the first K, as a share of all right ones"
def precision_at(truth, score, k):
    return (truth[score.argsort(descending=True)[:k]].sum() / truth.sum()).item()


def average_precision(truth, score):
    ranked = truth[score.argsort(descending=True)]
    return (ranked.cumsum(0) / torch.arange(1, len(truth) + 1))[ranked].mean().item()


def interpolated_precision(truth, score, recall):
    found = truth[score.argsort(descending=True)].cumsum(0)
    return (found / torch.arange(1, len(truth) + 1))[found / truth.sum() >= recall].max().item()


# %% wrong="ranking: ranks counted from 0"
def precision_at(truth, score, k):
    return truth[score.argsort(descending=True)[:k]].float().mean().item()


def average_precision(truth, score):
    ranked = truth[score.argsort(descending=True)]
    return (ranked.cumsum(0) / torch.arange(len(truth)).clamp(min=1))[ranked].mean().item()


def interpolated_precision(truth, score, recall):
    found = truth[score.argsort(descending=True)].cumsum(0)
    return (found / torch.arange(1, len(truth) + 1))[found / truth.sum() >= recall].max().item()


# %% right="detections: all overlaps at once, a list of those that are free"
def match(boxes, score, true_boxes, threshold):
    table = iou(boxes, true_boxes)
    favourite = table.argmax(dim=1)
    free = [True] * len(true_boxes)
    right = [False] * len(boxes)
    for k in torch.sort(score, descending=True).indices.tolist():
        t = int(favourite[k])
        if free[t] and table[k, t] >= threshold:
            right[k], free[t] = True, False
    return torch.tensor(right)


def detection_ap(right, score, objects):
    total, found = 0.0, 0
    for rank, k in enumerate(score.argsort(descending=True).tolist(), start=1):
        if right[k]:
            found += 1
            total += found / rank
    return total / objects


# %% right="detections: the best candidate of each true box"
def match(boxes, score, true_boxes, threshold):
    overlap, favourite = iou(boxes, true_boxes).max(dim=1)
    right = torch.zeros(len(boxes), dtype=torch.bool)
    for t in range(len(true_boxes)):
        candidates = ((favourite == t) & (overlap >= threshold)).nonzero().flatten()
        if len(candidates):
            right[candidates[score[candidates].argmax()]] = True
    return right


def detection_ap(right, score, objects):
    ranked = right[score.argsort(descending=True)].double()
    precision = ranked.cumsum(0) / torch.arange(1, len(ranked) + 1, dtype=torch.float64)
    return torch.dot(ranked, precision) / objects


# %% wrong="detections: a true box may be claimed again and again"
def match(boxes, score, true_boxes, threshold):
    return iou(boxes, true_boxes).max(dim=1).values >= threshold


def detection_ap(right, score, objects):
    ranked = right[score.argsort(descending=True)]
    return (ranked.cumsum(0) / torch.arange(1, len(ranked) + 1))[ranked].sum().item() / objects


# %% wrong="detections: boxes in the order in which they stand"
def match(boxes, score, true_boxes, threshold):
    right, claimed = [], set()
    for box in boxes:
        overlap, favourite = iou(box[None], true_boxes)[0].max(dim=0)
        right.append(bool(overlap >= threshold) and favourite.item() not in claimed)
        if right[-1]:
            claimed.add(favourite.item())
    return torch.tensor(right)


def detection_ap(right, score, objects):
    ranked = right[score.argsort(descending=True)]
    return (ranked.cumsum(0) / torch.arange(1, len(ranked) + 1))[ranked].sum().item() / objects


# %% wrong="detections: the best of the free ones"
def match(boxes, score, true_boxes, threshold):
    right, table = torch.zeros(len(boxes), dtype=torch.bool), iou(boxes, true_boxes)
    for k in score.argsort(descending=True).tolist():
        overlap, favourite = table[k].max(dim=0)
        if overlap >= threshold:
            right[k] = True
            table[:, favourite] = -1.0
    return right


def detection_ap(right, score, objects):
    ranked = right[score.argsort(descending=True)]
    return (ranked.cumsum(0) / torch.arange(1, len(ranked) + 1))[ranked].sum().item() / objects


# %% wrong="detections: above the threshold only"
def match(boxes, score, true_boxes, threshold):
    right, claimed = torch.zeros(len(boxes), dtype=torch.bool), set()
    for k in score.argsort(descending=True).tolist():
        overlap, favourite = iou(boxes[k : k + 1], true_boxes)[0].max(dim=0)
        if overlap > threshold and favourite.item() not in claimed:
            claimed.add(favourite.item())
            right[k] = True
    return right


def detection_ap(right, score, objects):
    ranked = right[score.argsort(descending=True)]
    return (ranked.cumsum(0) / torch.arange(1, len(ranked) + 1))[ranked].sum().item() / objects


# %% wrong="detections: objects that nobody found are forgotten"
def match(boxes, score, true_boxes, threshold):
    right, claimed = torch.zeros(len(boxes), dtype=torch.bool), set()
    for k in score.argsort(descending=True).tolist():
        overlap, favourite = iou(boxes[k : k + 1], true_boxes)[0].max(dim=0)
        if overlap >= threshold and favourite.item() not in claimed:
            claimed.add(favourite.item())
            right[k] = True
    return right


def detection_ap(right, score, objects):
    ranked = right[score.argsort(descending=True)]
    return (ranked.cumsum(0) / torch.arange(1, len(ranked) + 1))[ranked].sum().item() / max(1, int(ranked.sum()))


# %% wrong="detections: a claim by a box that is not good enough"
def match(boxes, score, true_boxes, threshold):
    right, claimed = torch.zeros(len(boxes), dtype=torch.bool), set()
    for k in score.argsort(descending=True).tolist():
        overlap, favourite = iou(boxes[k : k + 1], true_boxes)[0].max(dim=0)
        right[k] = bool(overlap >= threshold) and favourite.item() not in claimed
        claimed.add(favourite.item())
    return right


def detection_ap(right, score, objects):
    ranked = right[score.argsort(descending=True)]
    return (ranked.cumsum(0) / torch.arange(1, len(ranked) + 1))[ranked].sum().item() / objects


# %% equivalent="detections: only the first row is taken"
# - overlap, favourite = iou(boxes[k:k + 1], true_boxes)[0].max(dim=0)
# + overlap, favourite = iou(boxes[k:], true_boxes)[0].max(dim=0)


# %% equivalent="detections: only the first row is taken, case 2"
# - overlap, favourite = iou(boxes[k:k + 1], true_boxes)[0].max(dim=0)
# + overlap, favourite = iou(boxes[k:k + 2], true_boxes)[0].max(dim=0)
