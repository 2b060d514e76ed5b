# %% [markdown]
# ## 12 · Train, validate, keep the best
#
# **In this part you will** keep the best epoch, mend a frozen network, and measure with care whether reuse pays.
#
# With few pictures, the best epoch is seldom the last. So a fine-tuning loop validates after each, and **keeps the
# best weights**. One line is easily wrong: `state_dict()` returns the network's *own* tensors, which go on changing.
# To keep them, copy them: `copy.deepcopy(x)` copies `x` and whatever is in it. Gradients belong to one phase only:
# `with torch.set_grad_enabled(condition):` records them where the condition holds, then restores the old setting.
#
# ### Exercise: train, validate, keep the best
# difficulty 4/5 · 15 minutes · cards: phases, set-grad-enabled, keep-best, deepcopy-state, scheduler-step, loop-lines
#
# Fill the blanks. `loaders["train"]` and `loaders["valid"]` deliver batches. In the training phase the network is in
# training mode and gradients are recorded; in the validation phase neither. The schedule moves on once an epoch, after
# the training phase. What is kept of the best epoch are all the numbers of the network, parameters and buffers. Of two
# equally good epochs, the first one is kept; the state before training is no epoch; where no validation answer is ever
# right, the network may come back as it was. In which mode the network comes back does not matter.
#
# hint: Go through the five steps of any training loop; then ask of each line in which of the two phases it belongs.


# %% solution="fine_tune" promises="leaves-inputs(loaders), numbers"
def fine_tune(net, loaders, loss_func, optimizer, scheduler, epochs: int) -> float:
    """Trains net; leaves it with the weights of its best epoch, and returns that epoch's validation accuracy."""
    best_accuracy, best_weights = 0.0, copy.deepcopy(net.state_dict())
    for _ in range(epochs):
        for phase in ("train", "valid"):
            if phase == "train":
                net.train()  # ? train
            else:
                net.eval()  # ? eval
            right, total = 0, 0
            for xb, yb in loaders[phase]:
                optimizer.zero_grad()  # ? zero_grad
                with torch.set_grad_enabled(phase == "train"):  # ? phase == "train"
                    scores = net(xb)
                    loss = loss_func(scores, yb)  # ? scores | yb
                if phase == "train":
                    loss.backward()  # ? backward
                    optimizer.step()  # ? step
                right += (scores.argmax(dim=1) == yb).sum().item()  # ? argmax
                total += len(yb)
            if phase == "train":
                scheduler.step()  # ? scheduler.step()
            elif right / total > best_accuracy:
                best_accuracy = right / total
                best_weights = copy.deepcopy(net.state_dict())  # ? copy.deepcopy(net.state_dict())
    net.load_state_dict(best_weights)  # ? load_state_dict
    return best_accuracy


# %% tests="fine_tune" points=6
def tuned(fine_tune, train, valid, plan):
    """Fine-tunes a net of one number w, which says class 1 where x is smaller than w; see the loss below.

    The accuracy that came back, w, a buffer of training batches, the calls, the rate, whether gradients are recorded.
    """
    import torch
    from torch import nn
    from torch.utils.data import DataLoader, TensorDataset

    calls = []

    class Threshold(nn.Module):
        def __init__(self):
            super().__init__()
            self.w = nn.Parameter(torch.zeros(()))
            self.register_buffer("seen", torch.zeros(()))

        def forward(self, x):
            calls.append([self.training, torch.is_grad_enabled()])
            if self.training:
                self.seen += 1
            score = self.w - x
            return torch.stack([torch.zeros_like(score), score], dim=1)

    def loss_func(scores, labels):  # its slope is -1, or -3 where all labels are right: w climbs by lr or 3 lr a step
        return -scores[:, 1].mean() * (1 + 2 * labels.float().min())

    net = Threshold()
    optimizer = torch.optim.SGD(net.parameters(), lr=plan["lr"])
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=plan["step_size"], gamma=0.5)
    parts = {"train": train, "valid": valid}
    loaders = {name: DataLoader(TensorDataset(*part), batch_size=plan["batch"]) for name, part in parts.items()}
    given = dict(loaders)
    try:
        best = fine_tune(net, loaders, loss_func, optimizer, scheduler, plan["epochs"])
    finally:
        after = torch.is_grad_enabled()
        torch.set_grad_enabled(True)  # for the cells that follow, whatever the answer left behind
        if loaders != given:
            train[0].zero_()  # the promise watches the pictures
    return best, net.w.item(), net.seen.item(), calls, optimizer.param_groups[0]["lr"], after


def examples(rng):
    short = {"lr": 0.1, "step_size": 1, "batch": 4, "epochs": 2}
    best = lambda loaders, y: checks.on_student_side(tuned, fine_tune, (loaders, y), (loaders, y), short)[0]
    yield checks.example(best, {"loaders": rng.tensor(6), "y": torch.arange(6) % 2})


def by_arithmetic(train, valid, plan):
    """After each epoch: the accuracy, w, and the number of training batches so far."""
    w, seen, lr, history = 0.0, 0, plan["lr"], []
    for epoch in range(1, plan["epochs"] + 1):
        for labels in train[1].split(plan["batch"]):
            w, seen = w + lr * (3 if labels.min() == 1 else 1), seen + 1
        pairs = zip(valid[0].tolist(), valid[1].tolist(), strict=True)
        history.append((sum((x < w) == (y == 1) for x, y in pairs) / len(valid[1]), w, seen))
        if epoch % plan["step_size"] == 0:
            lr = lr / 2
    return history


def is_best(valid, epochs, names=("the accuracy", "the weight w", "the buffer that counts training batches")):
    """Compares what comes back with the first of the best epochs; returns the rest."""
    shorter = plan | {"epochs": epochs}
    got = checks.on_student_side(tuned, fine_tune, train, valid, shorter)
    best = max(by_arithmetic(train, valid, shorter), key=lambda epoch: epoch[0])
    for place, name in enumerate(("the accuracy", "the weight w", "the buffer that counts training batches")):
        if name in names:
            checks.close(got[place], best[place], rtol=1e-6, what=name)
    return got[3:]


rng = checks.rng()
# Data on which a middle epoch is best, a later one is as good, and the last one is worse.
plan = {"lr": rng.choice([0.5, 1.0, 2.0]), "step_size": rng.integer(2, 3), "batch": 4, "epochs": 7}
train = rng.tensor(10), torch.tensor([1, 0, 1, 1, 1, 1, 1, 1, 0, 1])
steps = [w for _, w, _ in by_arithmetic(train, train, plan)]
# Row number k is called class 1 from epoch k on. Right answers rise up to epoch 2, fall, are back in 4, and fall.
middles = [(a + b) / 2 for a, b in zip([0.0, *steps[:-1]], steps, strict=True)]
order = rng.permutation(11)
valid = (
    torch.tensor([*middles, -1.0, -2.0, 1000.0, 2000.0])[order],
    torch.tensor([1, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1])[order],
)
with checks.check("returns the best validation accuracy", hint="count right answers over all batches, then divide"):
    is_best(valid, 7, ["the accuracy"])
with checks.check(
    "leaves the net with the weights of that epoch", hint="which epoch are these from? Does what you kept change?"
):
    *_, after = is_best(valid, 7, ["the weight w"])
    checks.true(after, "gradients are switched off after the call: no later cell could learn")
### BEGIN HIDDEN TESTS
with checks.check("of two equally good epochs the first, buffers and all", hint="more than the best, or at least?"):
    is_best(valid, 7)
with checks.check("training mode and gradients in training only", hint="look at train(), eval(), set_grad_enabled"):
    *_, calls, _, after = checks.on_student_side(tuned, fine_tune, train, valid, plan)
    modes = [tuple(call) for call in calls]
    checks.true(modes.count((True, True)) >= 21, "too few batches in training mode with gradients")
    checks.true(modes.count((False, False)) >= 21, "too few batches in evaluation mode without gradients")
    checks.true(all(mode == grad for mode, grad in modes), "mode and gradients do not go together")
    checks.true(after, "gradients are switched off after the call: no later cell could learn")
with checks.check("one move of the schedule an epoch", hint="where is scheduler.step()? Are gradients cleared?"):
    rate = checks.on_student_side(tuned, fine_tune, train, valid, plan)[4]
    checks.close(rate, plan["lr"] * 0.5 ** (7 // plan["step_size"]), rtol=1e-6)
    never_right = torch.tensor([-1.0, 1000.0]), torch.tensor([0, 1])
    is_best(never_right, 2, ["the accuracy"])
with checks.check("one epoch, and three that get better and better", hint="is the best accuracy updated too?"):
    falling = torch.tensor([1e-3, 1000.0, 2000.0]), torch.tensor([0, 0, 0])  # before training it was right on all three
    for rows, epochs in ((valid, 1), (valid, 3), (falling, 3)):
        is_best(rows, epochs)
### END HIDDEN TESTS

# %% [markdown]
# ## 13 · Does it pay?
#
# One network learns the digits 0 to 4 with all the pictures there are. Then somebody brings **ten pictures each** of
# 5, 6, 7, 8 and 9. Three ways to learn these fifty: from scratch, with only a new head on the old layers, or with all
# layers and discriminative rates. As much depends on *which* fifty, we try three choices. One half of the validation
# pictures chooses the best epoch; the other, used for nothing else, judges it. **Predict** the order.

# %% setup
from torch.utils.data import TensorDataset

high = torch.nonzero(valid_y >= 5)[:, 0]
choose, judge = ((valid_x[rows], valid_y[rows] - 5) for rows in (high[::2], high[1::2]))


def batches(x, y, size):
    """A loader of pictures and labels, in a new order each time."""
    return DataLoader(TensorDataset(x, y), batch_size=size, shuffle=True)


def fifty(seed):
    """Ten training pictures each of 5 to 9, drawn at random, with labels from 0 to 4."""
    rng = torch.Generator().manual_seed(seed)
    rows = [torch.nonzero(train_y == digit)[:, 0] for digit in range(5, 10)]
    few = torch.cat([places[torch.randperm(len(places), generator=rng)[:10]] for places in rows])
    return train_x[few], train_y[few] - 5


# %%
torch.manual_seed(0)
low, valid_low = train_y < 5, valid_y < 5
rows = torch.nonzero(low)[:, 0][: device.budget(int(low.sum()), 20)]
pretrained = resnet20(5)
fit(pretrained, train_x[rows], train_y[rows], epochs=device.budget(4))
print(f"0 to 4: {accuracy(pretrained, valid_x[valid_low], valid_y[valid_low]):.1%}")

# %%
choices = [fifty(seed) for seed in range(device.budget(3))]  # one alone while it is graded


def start(way):
    """A network for five classes and its optimiser."""
    if way == "from scratch":
        net = resnet20(5)
        return net, torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
    net = copy.deepcopy(pretrained)
    if way == "head only":
        return net, freeze_for(net, 5, lr=0.05)
    net = replace_head("resnet", net, 5)
    return net, torch.optim.SGD(discriminative_groups(net, lr=0.05, factor=2), lr=0.05, momentum=0.9)


for way in ("from scratch", "head only", "all layers"):
    found = []
    for few in choices:
        torch.manual_seed(1)
        net, optimizer = start(way)
        loaders = {"train": batches(*few, 10), "valid": batches(*choose, 250)}
        schedule = torch.optim.lr_scheduler.StepLR(optimizer, step_size=7, gamma=0.1)
        fine_tune(net.to(where), loaders, F.cross_entropy, optimizer, schedule, epochs=device.budget(12, 20))
        found.append(right_on(net, *judge))
    hits[f"5 to 9 from fifty, {way}"] = torch.stack(found)  # a row for each choice of fifty
    print(f"{way:15}", "  ".join(f"{row.float().mean():.1%}" for row in found))

# %% [markdown]
# In our run all layers came out first with each choice (84 % on average), from scratch next (81 %), and the new head
# alone last (72 %; it carries a bug, which you are about to find). How much reuse pays depends on the choice more
# than you would like: from seven points down to one. Digits are so simple that fifty of them teach a small network
# much of what it needs; on photographs the first layers have far more to bring along. A rule of thumb: few pictures
# like the old ones, train the head; many, or unlike what the network knew, let all the layers move.
#
# ## 14 · Find the bug, and say it in your own words
#
# ### Exercise: frozen, and yet it moves
# difficulty 4/5 · 12 minutes · cards: frozen-norms, train-head-only
#
# A colleague fine-tunes the head `fc` of a network and leaves all the rest frozen: what lies below gets no gradient,
# and should compute exactly what it computes in use, whatever kinds of layers it holds. She kept the old head too,
# for the old task. But afterwards the old head is much worse than before, although not one parameter below it has
# changed. There is **one** mistake. Find it (compare the `state_dict()` before and after) and repair it. The head is
# a dense layer, which does the same in both modes; in which mode the network comes back does not matter.
#
# hint: What does a network consist of, beside its parameters? Who changes that, and when?


# %% solution="train_head" promises="leaves-inputs(x, y), numbers"
def train_head(net, x, y, lr: float, steps: int) -> list[float]:
    """Trains net.fc in place on all of x and y; what lies below it must compute what it did before.

    Returns the losses.
    """
    ### BEGIN SOLUTION
    #! net.train()
    net.eval()
    ### END SOLUTION
    net.requires_grad_(False)
    net.fc.requires_grad_(True)
    opt = torch.optim.SGD(net.fc.parameters(), lr)
    losses = []
    for _ in range(steps):
        loss = F.cross_entropy(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


# %% tests="train_head" points=4
def losses_with_a_head(train_head, x, y):
    """The losses of three steps of a net that is all head."""
    from torch import nn

    net = nn.Sequential()
    net.add_module("fc", nn.Linear(x.shape[1], 3))
    return train_head(net, x, y, 0.1, 3)


def examples(rng):
    losses_of = lambda x, y: checks.on_student_side(losses_with_a_head, train_head, x, y)
    yield checks.example(losses_of, {"x": rng.tensor(6, 4), "y": torch.arange(6) % 3})


def after_training(train_head, state, x, y, lr, steps):
    """Losses, the state afterwards, whether the head alone got a gradient, and whether it is still the same head."""
    from collections import OrderedDict

    from torch import nn

    class Net(nn.Sequential):
        """Drops features on its way to the head, by its own mode."""

        def forward(self, x):
            *below, head = self
            for part in below:
                x = part(x)
            return head(nn.functional.dropout(x, 0.5, self.training))

    inner = nn.Sequential(nn.Unflatten(1, (4, 1, 1)), nn.BatchNorm2d(4), nn.Dropout(0.5), nn.Flatten())
    parts = [("body", nn.Linear(3, 4)), ("norm", nn.BatchNorm1d(4)), ("relu", nn.ReLU()), ("deep", inner)]
    net = Net(OrderedDict([*parts, ("fc", nn.Linear(4, 3))]))
    net.load_state_dict(state)
    head = net.fc, *net.fc.parameters()
    losses = [float(loss) for loss in train_head(net, x, y, lr, steps)]
    spared = all(p.grad is None for name, p in net.named_parameters() if not name.startswith("fc"))
    same = all(new is old for new, old in zip((net.fc, *net.fc.parameters()), head, strict=True))
    return losses, {name: value.clone() for name, value in net.state_dict().items()}, spared, same


def by_formula(state, x, y, lr, steps):
    """Losses and the head, from the formula of the gradient on features that stay what they are."""
    state = {name: value.double() for name, value in state.items()}
    z = x.double() @ state["body.weight"].T + state["body.bias"]
    for norm, lowest in (("norm", 0.0), ("deep.1", -math.inf)):
        z = (z - state[f"{norm}.running_mean"]) / (state[f"{norm}.running_var"] + 1e-5).sqrt()
        z = (z * state[f"{norm}.weight"] + state[f"{norm}.bias"]).clamp(min=lowest)
    weight, bias, losses = state["fc.weight"], state["fc.bias"], []
    for _ in range(steps):
        p = torch.softmax(z @ weight.T + bias, dim=1)
        losses.append(-p[torch.arange(len(y)), y].log().mean().item())
        slope = (p - F.one_hot(y, 3)) / len(y)
        weight, bias = weight - lr * slope.T @ z, bias - lr * slope.sum(0)
    return losses, weight.float(), bias.float()


rng = checks.rng()
template = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.BatchNorm2d(4), nn.Linear(4, 3))
names = {"0": "body", "1": "norm", "2": "deep.1", "3": "fc"}
state = {names[key[0]] + key[1:]: value for key, value in random_state(template, rng).items()}
x, y = rng.tensor(16, 3) + 1, rng.integers(16, low=0, high=2)
with checks.check("everything below the head is as it was", hint="print net.norm.running_mean before and after"):
    after = checks.on_student_side(after_training, train_head, state, x, y, 0.1, 3)[1]
    for name, value in state.items():
        if not name.startswith("fc"):
            checks.close(after[name], value, what=name)
    learnt = [name for name, value in state.items() if not torch.equal(after[name], value)]
    checks.true(len(learnt) > 0, "the head should have learnt something")
### BEGIN HIDDEN TESTS
lr, rows = rng.uniform(0.05, 0.3), rng.integer(12, 20)
given = (state, rng.tensor(rows, 3) + 1, rng.integers(rows, low=0, high=2), lr, 5)
losses, weight, bias = by_formula(*given)
with checks.check("the head learns on what the network really computes", hint="in which mode will the net be used?"):
    after = checks.on_student_side(after_training, train_head, *given)[1]
    checks.close(after["fc.weight"], weight, rtol=1e-3, atol=1e-4)
    checks.close(after["fc.bias"], bias, rtol=1e-3, atol=1e-4)
with checks.check("the losses, and no gradient below the head", points=2, hint="the rest of the function was right"):
    got, _, spared, same = checks.on_student_side(after_training, train_head, *given)
    checks.close(got, losses, rtol=1e-3, atol=1e-4)
    checks.true(spared, "only the head should get gradients")
    checks.true(same, "the head should be trained in place; it is another one now")
### END HIDDEN TESTS

# %% [markdown]
# `requires_grad = False` stops the optimiser. It does not stop batch norm, which in training mode takes its mean and
# variance from the batch at hand, and moves its running statistics along, without any gradient. A frozen network
# belongs in evaluation mode. Section 13's "head only" had this very bug: `fine_tune` calls `net.train()`. **Predict**
# what the repair changes, then measure it, with your `train_head` on the same pictures. (This run takes other steps
# too, all fifty at once, and chooses no epoch. So the difference is not the modes alone.)

# %%
found = []
for few in choices:
    torch.manual_seed(1)
    net = replace_head("resnet", copy.deepcopy(pretrained), 5).to(where)
    train_head(net, *few, lr=0.5, steps=device.budget(60, 20))
    found.append(right_on(net, *judge))
hits["5 to 9 from fifty, head only, mended"] = torch.stack(found)
for way in ("head only", "head only, mended"):
    print(f"{way:20}{hits[f'5 to 9 from fifty, {way}'].float().mean():.1%}")

# %% [markdown]
# ## 15 · What did each of them reach?
#
# Your numbers, from the pictures named in the table's first line. For the ten digits one is published, 0.991, by a
# plain CNN with batch norm in five epochs (fast.ai book, chapter 13), but from 60,000 training and 10,000 validation
# pictures; for 5 to 9 none is. Yours for 5 to 9 are means over the three choices of fifty. ± is one standard error of
# one number, $\sqrt{p(1-p)/n}$. Two ways judged on the *same* pictures are compared by those on which only one of
# them is right ($b$ and $c$ of $n$): the difference is $(b-c)/n$, its standard error about $\sqrt{b+c}/n$.

# %%
print(f"yours: {digits.name}, {len(train_x):,} to train with, {len(valid_x):,} to validate")
if device.budget(5) < 5:
    print("run by the grader, which trains only briefly, on few pictures and one choice of fifty")
print(f"{'':38}{'yours':>7}{'±':>7}")
methods = ("from scratch", "head only", "head only, mended", "all layers")
for method in ("ten digits, ResNet-20", *(f"5 to 9 from fifty, {way}" for way in methods)):
    p = hits[method].float().mean().item() if method in hits else None
    mine = f"{'not yet':>14}" if p is None else f"{p:7.3f}{(p * (1 - p) / hits[method].shape[-1]) ** 0.5:7.3f}"
    print(f"{method:38}{mine}")
print("\nFive to nine, for each choice of fifty: the difference to the way above it, and its standard error:")
for first, second in pairwise(method for method in hits if method.startswith("5")):
    gained = hits[second].int() - hits[first].int()  # 1 where the second alone is right, -1 where the first alone is
    rows = [f"{row.float().mean():+.3f} ± {row.abs().sum() ** 0.5 / len(row):.3f}" for row in gained]
    print(f"  {second[19:]:18} - {first[19:]:12}", "   ".join(rows))

# %% [markdown]
# Where degradation was seen first, in percent of ImageNet's validation pictures (He and others, 2015, table 2, ten crops):
#
# | | plain | residual |
# |---|---|---|
# | 18 layers | 27.94 wrong | 27.88 wrong |
# | 34 layers | 28.54 wrong | 25.03 wrong |
#
# Without shortcuts 34 layers are worse than 18; with them, better by a wide margin. At 18 layers they hardly matter.
#
# ### Six questions
# Two to five sentences each are enough. Write as you would to somebody who has not taken this course.

# %% [markdown] question="not_overfitting" points=2
# **Three explanations.** A 56-layer plain network does worse on validation pictures than one of 20 layers. One friend
# says "overfitting", one says "exploding gradients", one says "degradation although the gradients are healthy". Which
# two measurements decide between the three, and which result speaks for whom? Which of them did *our* plain network of
# section 1 suffer from, by your own pictures?
#
# ### BEGIN MARK SCHEME
# - 1 point: training loss (lower than the shallow one's: overfitting; higher: one of the others) and the size of the
#   gradients layer by layer (many powers of ten apart: exploding or vanishing; alike: degradation proper).
# - 1 point: reads the own pictures: the training loss of the plain deep tower is higher than the shallow one's, and its
#   gradients, some ten times apart at the start, lie close together after training: degradation. With numbers from the
#   own pictures. (An answer that objects to the first steps, with numbers, gets the point too.)
# - No point for "not overfitting, since the paper says so" without a measurement.
# ### END MARK SCHEME

# %% [markdown] question="why_shortcuts_help" points=2
# **A shortcut in the wrong place.** Somebody multiplies instead of adding, $x \cdot F(x)$; somebody else adds, but puts
# a 1×1 convolution into *every* shortcut, also where the shapes agree. What does each of them lose of what makes a
# residual block work?
#
# ### BEGIN MARK SCHEME
# - 1 point: the product: doing nothing now means F = 1, not 0, and the slope is F + xF' without the 1, so the gradient
#   can vanish again (small F) or explode.
# - 1 point: the convolution in every shortcut: no path is left on which signal and gradient pass unchanged; many in a
#   row multiply up like a plain network's layers (it costs weights too). "It is a plain network with two ways" counts.
# - No point for "it is not a residual network any more" alone.
# ### END MARK SCHEME

# %% [markdown] question="zero_init_gradient" points=2
# **A silent block.** You set the weight of every `bn2` to zero. What does the network compute at the very start? Which
# parameters of a block get a gradient that is not zero in the first step, and why is the block not dead for ever?
#
# ### BEGIN MARK SCHEME
# - 1 point: every block without projection is the identity (behind a ReLU), so the network behaves like a shallow one.
# - 1 point: only weight and bias of bn2 (and the projection) get a gradient; the convolutions and bn1 get zero, as it
#   is multiplied by the weight 0. After one step that weight is not zero any more, and they learn too.
# - No second point for "the gradient flows through the shortcut": that explains the layers below, not this block.
# ### END MARK SCHEME

# %% [markdown] question="which_layers" points=2
# **What to freeze?** (a) 200 X-ray pictures, network pretrained on photographs; (b) 50,000 photographs of dogs, the
# same network. Say for each which layers you would train and at what rates, and why.
#
# ### BEGIN MARK SCHEME
# - 1 point: (a) few pictures: mostly frozen, head (and perhaps the last group) with care, since the data are unlike the
#   old ones; augmentation; keeps the best weights. Reason: overfitting.
# - 1 point: (b) plenty and alike: all layers, at a small rate or discriminative rates (at once, or after the head has
#   been trained a little).
# - No point for "freeze with few pictures" for (a) without saying that X-rays are unlike photographs.
# ### END MARK SCHEME

# %% [markdown] question="loop_lines" points=2
# **Symptoms.** Three versions of `fine_tune` each lack one thing. (1) Validation accuracy depends on the batch size of
# the validation loader. (2) Memory grows during validation, the numbers are right. (3) The returned accuracy is high,
# but the network that comes back does worse. Which line is missing in each, and how does it cause the symptom?
#
# ### BEGIN MARK SCHEME
# - 1 point: (1) eval(): in training mode batch norm takes mean and variance of the batch at hand; (2)
#   set_grad_enabled(False): the graph of the scores is recorded and kept. Each with its reason.
# - 1 point: (3) deepcopy: state_dict holds the living tensors, so "the best weights" are the last ones (or the load at
#   the end is missing).
# - No first point when (1) and (2) are swapped, or for naming the lines without how they cause the symptom.
# ### END MARK SCHEME

# %% [markdown] question="read_the_bars" points=2
# **Ensemble or not?** Look at your bars from section 7, in which single blocks were taken out. What do they say for the
# view of a residual network as an ensemble, and what against it? What would the same experiment do to a plain network?
#
# ### BEGIN MARK SCHEME
# - 1 point: for: says from the own bars which blocks can be lost at little cost (usually the late ones), since half of
#   the paths avoid each block; a plain network has one path only and falls to about chance.
# - 1 point: against or with care: says from the own bars which blocks are missed badly (usually the early ones; in our
#   run four of seven bars fall below 90 %), the paths share weights and were trained together, ReLU makes
#   them depend on each other; small data, few blocks.
# - No point for the numbers of Veit and colleagues in place of the own bars.
# ### END MARK SCHEME

# %% [markdown]
# ## What you have built
# A block with a way around it, a network of 34 layers that is torchvision's to the last digit, a way to load weights
# from anywhere, and the craft of reusing them: new heads, frozen layers, slow and fast rates, the best epoch kept. The
# shortcut is not only for pictures. The transformers of a later lesson have one around every single layer.
#
# **Now you can** say what a reused network gains, and how sure that number is. *Further reading:* Yosinski and others,
# *How transferable are features in deep neural networks?* (2014); He and others, *Identity Mappings in Deep Residual
# Networks* (2016); Chilamkurthy's [tutorial](https://pytorch.org/tutorials/beginner/transfer_learning_tutorial.html).
