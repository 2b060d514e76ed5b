# %% [markdown]
# ## 12 · Where is it?
#
# **In this part you will** measure and thin out the boxes of a detector, put your networks beside published ones, and
# find a bug that raises no error.
#
# So far a network says *what* is in a picture. A **detector** also says where: it returns boxes, each with a score.
# A box is written as its two corners, (x1, y1, x2, y2), with x to the right and y *down*.
#
# How good is a box? Compare it with the true one by **intersection over union**: the area that both have in common,
# divided by the area that at least one of them has. 1 is perfect, 0 means that they do not overlap.
#
# And a detector repeats itself: it finds the same face five times, in boxes that are shifted a little. **Non-max
# suppression** keeps the best and drops its doubles:
#
# 1. take the box with the highest score, and keep it;
# 2. drop all other boxes whose IoU with it is *above* a threshold;
# 3. go on with what is left, until nothing is.

# %%
found = torch.tensor([[150.0, 20, 380, 330], [165, 40, 390, 345], [130, 10, 360, 320], [335, 470, 470, 540]])
sure = torch.tensor([0.9, 0.8, 0.75, 0.6])
figure, axis = plt.subplots(figsize=(4, 4.5))
axis.imshow(photo)
for (x1, y1, x2, y2), score in zip(found.tolist(), sure.tolist(), strict=True):
    axis.add_patch(plt.Rectangle((x1, y1), x2 - x1, y2 - y1, fill=False, edgecolor="yellow", linewidth=3 * score))
    axis.text(x1, y1 - 4, f"{score:.2f}", color="yellow", fontsize=8)
axis.set_axis_off()

# %% [markdown]
# ### Exercise: one box for each face
# difficulty 4/5 · 15 minutes · cards: iou, non-max-suppression, box-forms
#
# Write both, without torchvision's. `iou` compares every box of one list with every box of another; corners may lie
# anywhere, between pixels and left of zero too. `nms` returns the indices of the boxes that are kept, best first, in a
# list or a tensor. No box is empty, and no two scores are equal.
#
# hint: The intersection goes from the larger of the two left edges to the smaller of the two right edges. If that is
# to the left of where it starts, there is none: its width is 0, and not negative.
#
# hint: `a[:, None, :2]` and `b[None, :, :2]` meet as (n, m, 2).


# %% solution="boxes" promises="leaves-inputs, by-hand(nms, box_iou)"
def iou(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The IoU of every pair of boxes: (n, 4) and (m, 4) to (n, m)."""
    ### BEGIN SOLUTION
    first = a[:, None, :2].maximum(b[None, :, :2])
    last = a[:, None, 2:].minimum(b[None, :, 2:])
    common = (last - first).clamp(min=0).prod(dim=2)
    area_a, area_b = ((box[:, 2] - box[:, 0]) * (box[:, 3] - box[:, 1]) for box in (a, b))
    return common / (area_a[:, None] + area_b - common)
    ### END SOLUTION


def nms(boxes: torch.Tensor, scores: torch.Tensor, threshold: float) -> list[int]:
    """The indices of the boxes that are kept, from the highest score to the lowest."""
    ### BEGIN SOLUTION
    kept = []
    for k in scores.argsort(descending=True).tolist():
        if (iou(boxes[kept], boxes[[k]]) <= threshold).all():
            kept.append(k)
    return kept
    ### END SOLUTION


# %% [markdown] explains="boxes"
# The common part of two boxes is a box: from the larger of the left edges to the smaller of the right ones, and the
# same in y. If they lie apart, that width is negative, and `clamp` makes it 0. Clamp *before* multiplying: for squares
# that lie diagonally apart both sides are negative, and their product would be a positive area. The union counts the
# common part once, so it is taken away once: two squares of area 4 that share 2 have $2 / (4 + 4 - 2) = 1/3$.
#
# `nms` goes from the best score down and compares with the boxes that were *kept*. A box that was dropped drops nobody:
# if the first covers the second, and the second the third, the third may stay. `[:, None]` and `[None]` let every box
# meet every other, without a loop. With nothing kept yet, `all()` of an empty comparison is true, so the best box needs
# no line of its own. And `<=`, because only an overlap *above* the threshold drops a box.


# %% tests="boxes" points=5
def examples(rng):
    corners = rng.tensor(4, 2)
    boxes = torch.cat([corners, corners + 0.5 + rng.tensor(4, 2, low=0, high=2)], dim=1)
    yield checks.example(iou, {"a": boxes[:2], "b": boxes})
    yield checks.example(nms, {"boxes": boxes, "scores": rng.tensor(4, low=0, high=1), "threshold": 0.3})


def by_pixels(a, b):
    """The IoU of two boxes with whole corners, by counting pixels."""
    (x1, y1, x2, y2), (x3, y3, x4, y4) = a.long().tolist(), b.long().tolist()
    one = {(x, y) for x in range(x1, x2) for y in range(y1, y2)}
    other = {(x, y) for x in range(x3, x4) for y in range(y3, y4)}
    return len(one & other) / len(one | other)


def greedy(boxes, scores, threshold):
    """What should stay, by the three steps."""
    order, kept = sorted(range(len(boxes)), key=lambda k: -scores[k].item()), []
    for k in order:
        if all(by_pixels(boxes[k], boxes[n]) <= threshold for n in kept):
            kept.append(k)
    return kept


def random_boxes(rng, n):
    """n boxes with whole corners, all different in size."""
    corner = rng.integers(n, 2, low=0, high=9)
    return torch.cat([corner, corner + rng.integers(n, 2, low=2, high=9)], dim=1).float()


square = torch.tensor([[0.0, 0.0, 2.0, 2.0]])
with checks.check("a square and its neighbours", hint="common area by the area of both together; is it ever below 0?"):
    others = torch.tensor([[0.0, 0.0, 2.0, 2.0], [1.0, 0.0, 3.0, 2.0], [3.0, 3.0, 4.0, 4.0], [3.0, 0.0, 4.0, 2.0]])
    checks.close(iou(square, others), [[1.0, 1 / 3, 0.0, 0.0]])
with checks.check("two of three boxes stay", hint="the best one drops those that overlap with it too much"):
    three = torch.tensor([[0.0, 0.0, 4.0, 4.0], [0.0, 1.0, 4.0, 5.0], [10.0, 10.0, 12.0, 12.0]])
    checks.equal(list(nms(three, torch.tensor([0.6, 0.9, 0.7]), 0.5)), [1, 2])
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("every pair of two lists", hint="x and y alike; the union counts the common part once"):
    a, b = random_boxes(rng, rng.integer(3, 5)), random_boxes(rng, 7)
    cross = torch.tensor([[0.0, 4.0, 9.0, 6.0], [4.0, 0.0, 6.0, 9.0]])
    a, b = torch.cat([a, cross]), torch.cat([b, cross, cross[:1] + 20])
    right = [[by_pixels(one, other) for other in b] for one in a]
    checks.close(iou(a, b), right)
    checks.close(iou(a / 7 - 0.9, b / 7 - 0.9), right, rtol=1e-3, atol=1e-4, what="small boxes, partly left of zero,")
with checks.check("any number of boxes, any threshold", hint="best first; a box that is dropped drops nobody"):
    for threshold in (0.1237, 0.3217, 0.6123):  # no fraction of small numbers
        boxes, scores = random_boxes(rng, 25) - 6, rng.permutation(25) / 25  # on both sides of zero; no two alike
        checks.equal([int(k) for k in nms(boxes, scores, threshold)], greedy(boxes, scores, threshold))
    row = torch.tensor([[0.0, 0.0, 4.0, 2.0], [2.0, 0.0, 6.0, 2.0], [4.0, 0.0, 8.0, 2.0]])
    checks.equal([int(k) for k in nms(row, torch.tensor([0.9, 0.8, 0.7]), 0.2)], [0, 2])
with checks.check("an overlap of exactly the threshold stays", hint="above the threshold, says step 2"):
    pair = torch.tensor([[0.0, 0.0, 2.0, 2.0], [0.0, 0.0, 2.0, 1.0]])
    checks.equal([int(k) for k in nms(pair, torch.tensor([0.2, 0.4]), 0.5)], [1, 0])
### END HIDDEN TESTS

# %%
kept = nms(found, sure, 0.5)
print("IoU with the first box:", [round(float(value), 2) for value in iou(found[:1], found)[0]])
print("boxes that stay:", [int(k) for k in kept])

# %% [markdown]
# If two people embrace, their boxes overlap, and non-max suppression drops one of them. With several classes it is done
# for each class by itself, so that at least a dog on a sofa does not lose to the sofa.
#
# ## 13 · What did each of them reach?
#
# The table puts your numbers beside published ones. They are **not** from the same data: yours come from 4,000
# training and 1,000 validation pictures, the published ones from the 60,000 and 10,000 of full MNIST, mostly with
# longer training. The column ± is one standard error, $\sqrt{p(1-p)/n}$.
#
# Two networks that saw the *same* pictures are compared by those on which they disagree: if the first alone is right on
# $b$ of $n$ pictures and the second alone on $c$, the difference is $(b-c)/n$ and its standard error about
# $\sqrt{b+c}/n$. Less than two of these could well be luck. The last column does this with the row above.

# %% setup
published = {
    "one linear layer": "0.92   dlsys course, homework 0",
    "dense, one hidden layer": "0.976 - 0.981   dlsys course, homework 0",
    "LeNet": "0.9905   LeCun and others 1998, LeNet-5 (0.992 with distorted pictures)",
    "four convs, batch norm": "0.991   fast.ai book, chapter 13, 5 epochs",
    "your own layers": "not published",
}

# %%
print(f"yours: {digits.name}; {len(train_x):,} to train, {len(valid_x):,} to validate")
if device.budget(10) < 10:
    print("run by the grader, which trains only briefly")
print(f"{'':25}{'yours':>7}{'±':>7}   {'against the row above':24}on full MNIST")
above = None
for name, theirs in published.items():
    mine, pair = hits.get(name), ""
    if mine is not None and above is not None:
        b, c = int((mine & ~above).sum()), int((above & ~mine).sum())
        pair = f"{(b - c) / len(mine):+.3f}, error {(b + c) ** 0.5 / len(mine):.3f}"
    p = float("nan") if mine is None else mine.float().mean().item()
    print(f"{name:25}{p:7.3f}{(p * (1 - p) / len(valid_x)) ** 0.5:7.3f}   {pair:24}{theirs}")
    above = mine

# %% setup
small = torch.tensor(list(photo.resize((64, 76)).tobytes()), dtype=torch.uint8).reshape(76, 64, 3)  # bytes

# %% [markdown]
# ## 14 · Find the bug, and say it in your own words
#
# ### Exercise: the network is colour-blind
# difficulty 3/5 · 10 minutes · cards: permute-not-reshape
#
# A colleague's network trains on photographs that come from a camera as bytes, each (height, width, 3). Nothing raises
# an error, all shapes are right, the loss even falls a little, and yet the network learns next to nothing. There is
# **one** mistake in the function that prepares a batch. Find it: look at what comes out of it, as the network gets it.
# For instance, run `show(prepare([small], [0.0] * 3, [1.0] * 3)[0])` in a new cell before you change a line: three
# channels of one photograph, each of which should look like a photograph.


# %% solution="prepare" promises="leaves-inputs, tensor, any-size(a list of one photograph)"
def prepare(photographs: list[torch.Tensor], mean: list[float], std: list[float]) -> torch.Tensor:
    """One normalised float batch (n, 3, height, width) out of bytes (height, width, 3)."""
    ### BEGIN SOLUTION
    #! batch = torch.stack(photographs) / 255
    #! n, height, width, channels = batch.shape
    #! batch = batch.reshape(n, channels, height, width)
    #! return (batch - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]
    batch = torch.stack(photographs) / 255
    batch = batch.permute(0, 3, 1, 2)
    return (batch - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]
    ### END SOLUTION


# %% [markdown] explains="prepare"
# In memory a camera's picture lies pixel by pixel: R₁ G₁ B₁ R₂ G₂ B₂. `reshape` to (3, 1, 2) cuts this very row into
# pieces of two: (R₁, G₁), (B₁, R₂), (G₂, B₂). So the three "channels" are a third of the picture each, with all colours
# mixed, and no neighbour is a neighbour any more. The shapes are perfect.
#
# `permute(0, 3, 1, 2)` moves the axes and leaves each number with its pixel: (R₁, R₂), (G₁, G₂), (B₁, B₂). The rest was
# right: `stack` makes the batch, bytes divided by 255 are floats, and mean and std have one number a channel. Ask
# yourself of any `reshape` whether you want to *cut the row in another way* or to *exchange axes*. For the second it is
# never the right word. A picture of what enters the network takes ten seconds and would have shown it.


# %% tests="prepare" points=3
def examples(rng):
    small = [rng.integers(2, 3, 3, low=0, high=255).to(torch.uint8)]
    given = {"photographs": small, "mean": [0.5, 0.4, 0.3], "std": [0.2, 0.3, 0.4]}
    right = (small[0].permute(2, 0, 1)[None] / 255 - torch.tensor([0.5, 0.4, 0.3])[:, None, None]) / torch.tensor(
        [0.2, 0.3, 0.4]
    )[:, None, None]
    yield checks.example(prepare, given, size="a list of one photograph", right=right)


tiny = torch.tensor([[[255, 0, 51], [0, 102, 0]]], dtype=torch.uint8)  # one row of two pixels
with checks.check("one row of two pixels", hint="where does the red of the second pixel go?"):
    got = prepare([tiny], [0.0, 0.0, 0.0], [1.0, 1.0, 1.0])
    checks.close(got, [[[[1.0, 0.0]], [[0.0, 0.4]], [[0.2, 0.0]]]])
### BEGIN HIDDEN TESTS
rng = checks.rng()
raw = [rng.integers(4, 7, 3, low=0, high=255).to(torch.uint8) for _ in range(rng.integer(2, 4))]
mean, std = [rng.uniform(0.2, 0.6) for _ in range(3)], [rng.uniform(0.2, 0.6) for _ in range(3)]
with checks.check("any photographs, pixel by pixel", hint="show a channel as a picture: is it still a photograph?"):
    got = prepare(raw, mean, std)
    expected = [
        [[[(x[i, j, c].item() / 255 - mean[c]) / std[c] for j in range(7)] for i in range(4)] for c in range(3)]
        for x in raw
    ]
    checks.close(got, expected, rtol=1e-4, atol=1e-5)
with checks.check("as ToTensor and Normalize do it", hint="nothing else was wrong"):
    right = transforms.Compose([transforms.ToTensor(), transforms.Normalize(mean, std)])
    checks.close(prepare(raw[:1], mean, std)[0], right(raw[0].numpy()), rtol=1e-4, atol=1e-5)
    dark = rng.integers(3, 5, 3, low=0, high=1).to(torch.uint8)  # bytes all the same
    checks.close(prepare([dark], mean, std)[0], right(dark.numpy()), rtol=1e-4, atol=1e-5, what="a dark photograph")
### END HIDDEN TESTS

# %% [markdown]
# This is what the network got, and what it should have got. `reshape` keeps the order of the numbers in memory and only
# cuts the row of numbers up in another way; `permute` moves the axes.

# %%
zeros, ones = [0.0] * 3, [1.0] * 3
channels = [*(small / 255).reshape(3, 76, 64), *prepare([small], zeros, ones)[0]]
show(channels, ["", "reshaped", "", "red", "green", "blue"], size=1.5)

# %% [markdown]
# ### Six questions
# Two to five sentences each are enough. Write as you would to somebody who has not taken this course.

# %% [markdown] question="why_convolve" points=2
# **Why convolve?** A dense layer can do everything that a convolution does, and more. Why is the convolution still the
# better choice for photographs? And name a kind of data for which it would be a bad one.
#
# ### BEGIN MARK SCHEME
# - 1 point: local connections and shared weights: far fewer weights, so less data and computing; an edge is an edge
#   everywhere (equivariance); a dense layer would have to learn each pattern at each place.
# - 1 point: data whose neighbours mean nothing or where the place itself matters: a table with columns such as age and
#   income, pixels in shuffled order, or the like, with a reason.
# - No point for "convolutions are made for pictures", nor for the number of weights alone without saying why few are
#   enough.
# ### END MARK SCHEME

# %% [markdown] question="shuffled_pixels" points=2
# **Shuffled pixels.** Somebody puts the pixels of all digits, training and validation, into the same random order. How
# does the accuracy of the dense network change, how that of LeNet, and why?
#
# ### BEGIN MARK SCHEME
# - 1 point: dense: not at all (apart from luck), since it treats all inputs alike; its weights come in another order.
# - 1 point: LeNet: worse, since neighbours under a kernel no longer belong together; its knowledge about pictures is
#   wrong there (still far above chance).
# - No point for "both get worse because the pictures are destroyed": the dense network's are not, to it.
# ### END MARK SCHEME

# %% [markdown] question="one_picture" points=2
# **It worked yesterday.** A network with batch norm reaches 97 % on batches of 256 validation pictures. In the app,
# where it sees one photograph at a time, its answers are close to random. Which line was forgotten, and
# what happened inside?
#
# ### BEGIN MARK SCHEME
# - 1 point: `net.eval()` was forgotten (the network is still in training mode).
# - 1 point: batch norm then normalises with mean and variance of the batch at hand, which is a single picture: its own
#   brightness and contrast are taken away, features get another scale than in training (and the moving averages are
#   changed too); in evaluation mode it would use the moving averages.
# - No second point for "batch norm needs a batch" alone: what it does instead is asked.
# ### END MARK SCHEME

# %% [markdown] question="augment_what" points=2
# **Chance with sense.** Which random changes would you use for handwritten digits, for photographs of skin spots, and
# for photographs of traffic signs? Name for each at least one that you would use, and for two of them one that would do
# harm.
#
# ### BEGIN MARK SCHEME
# - 1 point: a sensible change for each: digits: small shifts, turns, slants; skin: mirroring, turns by any angle,
#   brightness; signs: brightness, blur, small turns, scale.
# - 1 point: two harmful ones with the reason that the label no longer fits: mirrored or upside-down digits (6 and 9),
#   mirrored arrows, changed colours of signs or spots where colour decides, crops that lose the object.
# - No second point for "too strong a change" without a label that becomes wrong.
# ### END MARK SCHEME

# %% [markdown] question="small_kernels" points=2
# **Three ways to see seven pixels.** With 64 channels in and out, stride 1 and no bias: one convolution of 7 × 7; three
# of 3 × 3; two of 3 × 3, the second with dilation 2. Show that all of them see 7 × 7 pixels, and count the weights.
# Then say for two of them what you would lose by choosing it.
#
# ### BEGIN MARK SCHEME
# - 1 point: 1 + 6; 1 + 2 + 2 + 2; 1 + 2 + 4; weights 49 · 64 · 64 = 200,704, 3 · 9 · 64 · 64 = 110,592 and
#   2 · 9 · 64 · 64 = 73,728.
# - 1 point: two sensible losses: 7 × 7: most weights and multiplications, no activation in between; three of 3 × 3:
#   more maps in memory, more layers in a row; dilation: not all of the 49 pixels count alike, fine patterns between the
#   points of the wide kernel are only seen through the first layer's mixture.
# - No point for the weights alone without the fields.
# ### END MARK SCHEME

# %% [markdown] question="read_the_table" points=2
# **Read your table.** May you say that your LeNet is worse than that of 1998? Name two of your rows that your
# validation pictures can tell apart and two that they cannot, or explain why there are none, and say how you see it.
#
# ### BEGIN MARK SCHEME
# - 1 point: no: other data (4,000 instead of 60,000 training pictures, 1,000 validation pictures), shorter training,
#   and changes in the network; the same data and training would be needed.
# - 1 point: judges pairs by the pictures on which the two networks disagree (difference against about two of its
#   standard errors), with numbers from the student's own table.
# - No second point for "the ± overlap": both networks saw the same pictures, so these errors are not independent. No
#   first point for "no, other data" alone where the student's LeNet is above that of 1998, without saying that.
# ### END MARK SCHEME

# %% [markdown]
# ## What you have built
# Convolutions from loops and from strides, their transposes, pooling, batch norm, LeNet, a pipeline for photographs,
# and the end of a detector. One thing is still missing for truly deep networks: stack forty of these layers, and they
# train *worse* than twenty. How to cure that is the next lesson.
#
# **Now you can** turn a heap of boxes into one for each face, and find a bug where nothing complains. *Further
# reading:* *Deep Learning for Coders*, chapters 5 and 13; Girshick and others, *Rich feature hierarchies* (R-CNN,
# 2014); [torchvision: transforms](https://pytorch.org/vision/stable/transforms.html) and [box_iou,
# nms](https://pytorch.org/vision/stable/ops.html).
