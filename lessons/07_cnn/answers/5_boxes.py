# Answers to the exercises of 5_boxes.py, right and wrong: what `course audit` grades. No student sees them.

# %% equivalent="boxes: two boxes overlap as much from either side"
# - if (iou(boxes[kept], boxes[[k]]) <= threshold).all():
# + if (iou(boxes[[k]], boxes[kept]) <= threshold).all():


# %% wrong="boxes: torchvision"
def iou(a, b):
    from torchvision.ops import box_iou

    return box_iou(a, b)


def nms(boxes, scores, threshold):
    from torchvision.ops import nms as quick

    return quick(boxes, scores, threshold)


# %% right="boxes: by loops"
def iou(a, b):
    table = torch.zeros(len(a), len(b))
    for i, (x1, y1, x2, y2) in enumerate(a.tolist()):
        for j, (x3, y3, x4, y4) in enumerate(b.tolist()):
            width, height = min(x2, x4) - max(x1, x3), min(y2, y4) - max(y1, y3)
            common = max(width, 0) * max(height, 0)
            table[i, j] = common / ((x2 - x1) * (y2 - y1) + (x4 - x3) * (y4 - y3) - common)
    return table


def nms(boxes, scores, threshold):
    table, kept = iou(boxes, boxes), []
    for k in scores.argsort(descending=True).tolist():
        if not any(table[k, n] > threshold for n in kept):
            kept.append(k)
    return torch.tensor(kept)


# %% right="boxes: lists"
def iou(a, b):
    out = []
    for p in a:
        row = []
        for q in b:
            w = max(0.0, float(min(p[2], q[2]) - max(p[0], q[0])))
            h = max(0.0, float(min(p[3], q[3]) - max(p[1], q[1])))
            i = w * h
            u = float((p[2] - p[0]) * (p[3] - p[1]) + (q[2] - q[0]) * (q[3] - q[1])) - i
            row.append(i / u)
        out.append(row)
    return out


def nms(boxes, scores, threshold):
    left, kept = list(range(len(boxes))), []
    while left:
        best = max(left, key=lambda k: scores[k])
        kept.append(best)
        left = [k for k in left if k != best and iou(boxes[best : best + 1], boxes[k : k + 1])[0][0] <= threshold]
    return kept


# %% wrong="boxes: widths below zero"
def iou(a, b):
    first = torch.maximum(a[:, None, :2], b[None, :, :2])
    last = torch.minimum(a[:, None, 2:], b[None, :, 2:])
    common = (last - first).prod(dim=2)
    area_a, area_b = ((boxes[:, 2:] - boxes[:, :2]).prod(dim=1) for boxes in (a, b))
    return common / (area_a[:, None] + area_b - common)


def nms(boxes, scores, threshold):
    from torchvision.ops import nms as quick

    return quick(boxes, scores, threshold).tolist()


# %% wrong="boxes: counts the common part twice"
def iou(a, b):
    first = torch.maximum(a[:, None, :2], b[None, :, :2])
    last = torch.minimum(a[:, None, 2:], b[None, :, 2:])
    common = (last - first).clamp(min=0).prod(dim=2)
    area_a, area_b = ((boxes[:, 2:] - boxes[:, :2]).prod(dim=1) for boxes in (a, b))
    return common / (area_a[:, None] + area_b)


def nms(boxes, scores, threshold):
    from torchvision.ops import nms as quick

    return quick(boxes, scores, threshold).tolist()


# %% wrong="boxes: keeps them in the order of the list"
def iou(a, b):
    from torchvision.ops import box_iou

    return box_iou(a, b)


def nms(boxes, scores, threshold):
    from torchvision.ops import nms as quick

    return sorted(quick(boxes, scores, threshold).tolist())


# %% wrong="boxes: the lowest score first"
def iou(a, b):
    from torchvision.ops import box_iou

    return box_iou(a, b)


def nms(boxes, scores, threshold):
    from torchvision.ops import nms as quick

    return quick(boxes, -scores, threshold).tolist()


# %% wrong="boxes: boxes that were dropped drop others"
def iou(a, b):
    from torchvision.ops import box_iou

    return box_iou(a, b)


def nms(boxes, scores, threshold):
    order = scores.argsort(descending=True)
    table = iou(boxes[order], boxes[order]).triu(diagonal=1)
    return order[(table <= threshold).all(dim=0)].tolist()


# %% right="prepare: turns each photograph before stacking"
def prepare(photographs, mean, std):
    batch = torch.stack([x.permute(2, 0, 1) for x in photographs]) / 255
    return (batch - torch.tensor(mean).view(3, 1, 1)) / torch.tensor(std).view(3, 1, 1)


# %% right="prepare: normalises with the channels last"
def prepare(photographs, mean, std):
    batch = torch.stack(photographs).float() / 255
    batch = (batch - torch.tensor(mean)) / torch.tensor(std)
    return batch.movedim(-1, 1)


# %% wrong="prepare: as it was"
def prepare(photographs, mean, std):
    batch = torch.stack(photographs) / 255
    n, height, width, channels = batch.shape
    batch = batch.reshape(n, channels, height, width)
    return (batch - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]


# %% wrong="prepare: turns width and height too"
def prepare(photographs, mean, std):
    batch = torch.stack(photographs).float() / 255
    batch = batch.transpose(1, 3)
    return (batch - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]


# %% wrong="prepare: still reshapes, but in another order"
def prepare(photographs, mean, std):
    batch = torch.stack(photographs).float() / 255
    n, height, width, channels = batch.shape
    batch = batch.permute(0, 2, 3, 1).reshape(n, channels, height, width)
    return (batch - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]


# %% wrong="prepare: repairs what was not broken"
def prepare(photographs, mean, std):
    batch = torch.stack(photographs).float()
    batch = batch.permute(0, 3, 1, 2)
    return (batch - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]


# %% wrong="prepare: one mean for all channels"
def prepare(photographs, mean, std):
    batch = (torch.stack(photographs).float() / 255).permute(0, 3, 1, 2)
    return (batch - torch.tensor(mean).mean()) / torch.tensor(std).mean()


# %% wrong="boxes: corners on whole pixels only"
def iou(a, b):
    a, b = a.round(), b.round()
    first = a[:, None, :2].maximum(b[None, :, :2])
    last = a[:, None, 2:].minimum(b[None, :, 2:])
    common = (last - first).clamp(min=0).prod(dim=2)
    area_a, area_b = ((box[:, 2] - box[:, 0]) * (box[:, 3] - box[:, 1]) for box in (a, b))
    return common / (area_a[:, None] + area_b - common)


def nms(boxes, scores, threshold):
    kept = []
    for k in scores.argsort(descending=True).tolist():
        if (iou(boxes[kept], boxes[[k]]) <= threshold).all():
            kept.append(k)
    return kept


# %% wrong="boxes: crosses the caller's scores out"
def iou(a, b):
    first = a[:, None, :2].maximum(b[None, :, :2])
    last = a[:, None, 2:].minimum(b[None, :, 2:])
    common = (last - first).clamp(min=0).prod(dim=2)
    area_a, area_b = ((box[:, 2] - box[:, 0]) * (box[:, 3] - box[:, 1]) for box in (a, b))
    return common / (area_a[:, None] + area_b - common)


def nms(boxes, scores, threshold):
    kept = []
    while bool((scores > -torch.inf).any()):
        k = int(scores.argmax())
        kept.append(k)
        scores[iou(boxes[[k]], boxes)[0] > threshold] = -torch.inf
        scores[k] = -torch.inf
    return kept


# %% wrong="prepare: dark photographs are taken for floats"
def prepare(photographs: list[torch.Tensor], mean: list[float], std: list[float]) -> torch.Tensor:
    batch = torch.stack(photographs).permute(0, 3, 1, 2).float()
    if batch.max() > 1:
        batch = batch / 255
    return (batch - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]


# %% equivalent="boxes: nms, which is the same answer's, computes with the tensor that iou made"
# keeper: returns rows
# keeper: returns lists
