# %% [markdown]
# ## 9 · Frozen, slow or free
#
# **In this part you will** freeze a network, choose learning rates layer by layer, and write a loop that keeps the best
# epoch.
#
# With very few pictures, keep the pretrained layers as they are and train the head alone. Those layers are then
# **frozen**: they still compute, and no gradient changes them. As no gradient is computed for them either, it is much
# faster too.
#
# The order matters. A new layer's parameters require a gradient; what you freeze is what is there *when* you freeze.
#
# ### Exercise: freeze
# difficulty 3/5 · 6 minutes · cards: freeze, freeze-order, replace-fc
#
# Fill the blanks: freeze everything that is in `net`, give it a new head `fc` for `classes` classes (also where the
# old head has as many), and return an SGD optimiser with momentum 0.9 that knows the head's parameters and no others.
#
# hint: What would happen to the new head if it were there before the loop?


# %% solution="freeze_for" promises="random"
def freeze_for(net: nn.Module, classes: int, lr: float) -> torch.optim.Optimizer:
    """Freezes net and gives it a fresh head fc, in place; returns an optimiser for the head alone."""
    for parameter in net.parameters():  # ? parameters
        parameter.requires_grad = False  # ? requires_grad | False
    net.fc = nn.Linear(net.fc.in_features, classes)  # ? fc@1 | Linear | in_features | classes
    return torch.optim.SGD(net.fc.parameters(), lr=lr, momentum=0.9)  # ? SGD | net.fc.parameters() | 0.9


# %% tests="freeze_for" points=4
def fresh_head_on(freeze_for):
    """The numbers of the new head."""
    from torch import nn

    net = nn.Module()
    net.fc = nn.Linear(5, 2)
    freeze_for(net, 3, 0.1)
    return net.fc.weight.detach()


def examples(rng):
    yield checks.example(lambda: checks.on_student_side(fresh_head_on, freeze_for))


def frozen(freeze_for, classes, lr, on_head=1.0):
    """Facts about a small net after freezing, and how far two steps with gradients of one move each parameter."""
    from collections import OrderedDict

    import torch
    from torch import nn

    class Small(nn.Module):
        def __init__(self):
            super().__init__()
            parts = {"fc1": nn.Linear(3, 4), "fc": nn.Linear(4, 5), "norm": nn.BatchNorm1d(5), "relu": nn.ReLU()}
            self.body, self.fc = nn.Sequential(OrderedDict(parts)), nn.Linear(5, 7)

        def forward(self, x):
            return self.fc(self.body(x))

    net = Small()
    old = net.fc, *net.fc.parameters()
    optimizer = freeze_for(net, classes, lr)
    fresh = all(new is not one for one in old for new in (net.fc, *net.fc.parameters()))
    known = {id(p) for group in optimizer.param_groups for p in group["params"]}
    names = {name: [p.requires_grad, id(p) in known] for name, p in net.named_parameters()}
    before = [p.detach().clone() for p in net.parameters()]
    for _ in range(2):
        optimizer.zero_grad()
        net(torch.ones(4, 3))  # the frozen part still computes
        for p in net.fc.parameters():
            p.grad = torch.ones_like(p)
        optimizer.step()
    moved = [float((old - new.detach()).mean()) for old, new in zip(before, net.parameters(), strict=True)]
    return names, [tuple(p.shape) for p in net.fc.parameters()], moved, fresh


with checks.check("the old layers are frozen", hint="how exactly is the attribute spelt?"):
    names, *_ = checks.on_student_side(frozen, freeze_for, 2, 0.1)
    checks.equal([names[name][0] for name in names if name.startswith("body")], [False] * 6)
### BEGIN HIDDEN TESTS
rng = checks.rng()
classes, lr = rng.integer(3, 6), rng.uniform(0.05, 0.2)
with checks.check("the new head is not", hint="which comes first, freezing or the new head?"):
    for size in (classes, 7):  # the old head has seven classes too
        names, shapes, _, fresh = checks.on_student_side(frozen, freeze_for, size, lr)
        checks.equal([names["fc.weight"][0], names["fc.bias"][0]], [True, True])
        checks.equal(shapes, [(size, 5), (size,)])
        checks.true(fresh, "the old head is still there")
with checks.check("the optimiser knows the head and nothing else", hint="whose parameters does it get?"):
    names, *_ = checks.on_student_side(frozen, freeze_for, classes, lr)
    checks.equal({name: known for name, (_, known) in names.items()}, {name: name.startswith("fc") for name in names})
with checks.check("two steps move the head, with momentum", hint="lr, then lr times 1 + 0.9"):
    moved = checks.on_student_side(frozen, freeze_for, classes, lr)[2]
    checks.close(moved, [0.0] * 6 + [lr * 2.9] * 2, rtol=1e-3, atol=1e-6)
### END HIDDEN TESTS

# %% [markdown]
# Between "frozen" and "trained like the rest" lies a middle way: let early layers, whose edges and textures are fine
# already, move *slowly*, and later ones faster. These are **discriminative learning rates**, and PyTorch's optimisers
# take them as a list of **parameter groups**, dicts of the form `{"params": [...], "lr": ...}`.
#
# ### Exercise: slow at the bottom, fast at the top
# difficulty 3/5 · 10 minutes · cards: parameter-groups, discriminative-rates
#
# Make one group for each *child* of `net` (`net.children()` comes in order from input to output). The last one learns
# at `lr`, the one before at `lr / factor`, the one before that at `lr / factor**2`, and so on. A child without
# parameters (a ReLU, say) makes no group and does not count; one whose parameters are frozen does, and frozen ones
# stand in their group like others. All parameters of `net` lie in its children. In which order the groups stand in the
# list is up to you.
#
# hint: Walk from the end: `reversed(list(net.children()))`.


# %% solution="discriminative_groups" promises="leaves-inputs"
def discriminative_groups(net: nn.Module, lr: float, factor: float) -> list[dict]:
    """Parameter groups for an optimiser, one a child; rates fall by the factor from the last child to the first."""
    ### BEGIN SOLUTION
    groups = []
    for child in reversed(list(net.children())):
        params = list(child.parameters())
        if params:
            groups.append({"params": params, "lr": lr / factor ** len(groups)})
    return groups
    ### END SOLUTION


# %% tests="discriminative_groups" points=4
def rates_for(discriminative_groups, weights):
    """The rates for a row of layers with these weights."""
    from torch import nn

    net = nn.Sequential(*(nn.Linear(weight.shape[1], weight.shape[0], bias=False) for weight in weights))
    for layer, weight in zip(net, weights, strict=True):
        layer.weight = nn.Parameter(weight)
    return [group["lr"] for group in discriminative_groups(net, 1.0, 2.0)]


def examples(rng):
    def rates_of(weights):
        return checks.on_student_side(rates_for, discriminative_groups, weights)

    yield checks.example(rates_of, {"weights": [rng.tensor(2, 3), rng.tensor(3, 2)]})


def rates(discriminative_groups, lr, factor, plan):
    """Each parameter's learning rate in an optimiser, and how far a step with gradients of one moves it."""
    import torch
    from torch import nn

    makers = {
        "dense": lambda: nn.Linear(2, 2),
        "frozen": lambda: nn.Linear(2, 2).requires_grad_(False),
        "relu": nn.ReLU,
        "norm": lambda: nn.BatchNorm1d(2),
        "plain": lambda: nn.BatchNorm1d(2, affine=False),  # buffers, but no parameters
        "half": lambda: nn.Sequential(nn.Linear(2, 2).requires_grad_(False), nn.Linear(2, 2, bias=False)),
        "two": lambda: nn.Sequential(nn.Linear(2, 2), nn.Sequential(nn.ReLU(), nn.Linear(2, 2, bias=False))),
    }
    net = nn.Sequential(*(makers[name]() for name in plan))
    optimizer = torch.optim.SGD(discriminative_groups(net, lr, factor), lr=1000.0)
    names = {id(p): name for name, p in net.named_parameters()}
    found = {names[id(p)]: group["lr"] for group in optimizer.param_groups for p in group["params"]}
    before = {name: p.detach().clone() for name, p in net.named_parameters()}
    for p in net.parameters():
        p.grad = torch.ones_like(p)
    optimizer.step()
    moved = {name: float((before[name] - p.detach()).mean()) for name, p in net.named_parameters()}
    return found, moved, len(optimizer.param_groups)


with checks.check("three layers, a factor of ten", hint="which layer gets the largest rate?"):
    found, _, _ = checks.on_student_side(rates, discriminative_groups, 1.0, 10.0, ["dense", "dense", "dense"])
    checks.close([found[f"{place}.weight"] for place in range(3)], [0.01, 0.1, 1.0], rtol=1e-6)
### BEGIN HIDDEN TESTS
rng = checks.rng()
lr, factor = rng.uniform(0.1, 1), rng.uniform(1.5, 4)
with checks.check(
    "children without parameters do not count", hint="a ReLU should not cost a factor, a frozen layer should"
):
    found, _, count = checks.on_student_side(
        rates, discriminative_groups, lr, factor, ["dense", "relu", "norm", "relu", "frozen", "dense", "relu", "dense"]
    )
    expected = {place: lr / factor**power for power, place in enumerate((7, 5, 4, 2, 0))}
    wanted = {f"{place}.{part}": rate for place, rate in expected.items() for part in ("weight", "bias")}
    checks.equal(sorted(found), sorted(wanted))
    checks.close([found[name] for name in wanted], list(wanted.values()), rtol=1e-6)
    checks.equal(count, 5)
    found, _, count = checks.on_student_side(rates, discriminative_groups, lr, factor, ["norm"])
    checks.close([found["0.weight"], count], [lr, 1], rtol=1e-6)
    found, _, count = checks.on_student_side(rates, discriminative_groups, lr, factor, ["half", "plain", "dense"])
    wanted = {"0.0.weight": 1, "0.0.bias": 1, "0.1.weight": 1, "2.weight": 0, "2.bias": 0}
    checks.equal(sorted(found), sorted(wanted))
    checks.close([found[name] for name in wanted], [lr / factor**power for power in wanted.values()], rtol=1e-6)
with checks.check(
    "everything inside a child moves at one rate", points=2, hint="parameters(), not children, of a child"
):
    _, moved, count = checks.on_student_side(rates, discriminative_groups, lr, factor, ["two", "dense", "two", "relu"])
    names = {0: ["0.weight", "0.bias", "1.1.weight"], 1: ["weight", "bias"], 2: ["0.weight", "0.bias", "1.1.weight"]}
    for place, parts in names.items():
        got = [moved[f"{place}.{part}"] for part in parts]
        checks.close(got, [lr / factor ** (2 - place)] * len(parts), rtol=1e-3)
    checks.equal(count, 3)
### END HIDDEN TESTS

# %% [markdown]
# With few pictures, the best epoch is seldom the last one. So a fine-tuning loop validates after every epoch, and
# **keeps the best weights**. One line of it is easily wrong: `state_dict()` returns the network's *own* tensors, and
# they go on changing. To keep them, copy them, tensors and all: `copy.deepcopy(x)` copies `x` and whatever is in it.
#
# Whether gradients are recorded depends on the phase here. `with torch.set_grad_enabled(condition):` records them where
# the condition holds, and restores the old setting at the end of the block.
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
def accuracy_after(fine_tune, x, y):
    """The best validation accuracy of two epochs of a linear layer."""
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    net = torch.nn.Linear(x.shape[1], 2)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=1)
    loaders = {part: DataLoader(TensorDataset(x, y), batch_size=4) for part in ("train", "valid")}
    given = dict(loaders)
    try:
        return fine_tune(net, loaders, torch.nn.functional.cross_entropy, optimizer, scheduler, 2)
    finally:
        if loaders != given:
            x.zero_()  # the promise watches the pictures
        torch.set_grad_enabled(True)  # whatever the answer left behind


def examples(rng):
    def best_accuracy(loaders, y):
        return checks.on_student_side(accuracy_after, fine_tune, loaders, y)

    yield checks.example(best_accuracy, {"loaders": rng.tensor(6, 3), "y": torch.arange(6) % 2})


def tuned(fine_tune, train, valid, plan):
    """Fine-tunes a net of one number w, which says class 1 where x is smaller than w; see the loss below."""
    # Returns the accuracy that came back, w, a buffer that counts batches in training mode, the calls, the rate, and
    # whether gradients are recorded afterwards.
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
    loaders = {
        "train": DataLoader(TensorDataset(*train), batch_size=plan["batch"]),
        "valid": DataLoader(TensorDataset(*valid), batch_size=plan["batch"]),
    }
    try:
        best = fine_tune(net, loaders, loss_func, optimizer, scheduler, plan["epochs"])
    finally:
        after = torch.is_grad_enabled()
        torch.set_grad_enabled(True)  # for the cells that follow, whatever the answer left behind
    return float(best), net.w.item(), net.seen.item(), calls, optimizer.param_groups[0]["lr"], after


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


def best_of(history):
    """The first of the best epochs."""
    return max(history, key=lambda epoch: epoch[0])


def draw_plan(rng):
    """Data on which a middle epoch is best, a later one is as good, and the last one is worse."""
    plan = {"lr": rng.choice([0.5, 1.0, 2.0]), "step_size": rng.integer(2, 3), "batch": 4, "epochs": 7}
    train = rng.tensor(10), torch.tensor([1, 0, 1, 1, 1, 1, 1, 1, 0, 1])
    steps = [w for _, w, _ in by_arithmetic(train, train, plan)]
    middles = [(a + b) / 2 for a, b in zip([0.0, *steps[:-1]], steps, strict=True)]
    # Row number k is called class 1 from epoch k on. Right answers rise up to epoch 2, fall, are back in 4, and fall.
    x = torch.tensor([*middles, -1.0, -2.0, 1000.0, 2000.0])
    y = torch.tensor([1, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1])  # the start is worse than the first epoch
    order = rng.permutation(len(x))
    x, y = x[order], y[order]
    return train, (x, y), plan


def same_epoch(got, expected):
    """Compares accuracy, weight and buffer, each by its name."""
    names = ("the accuracy", "the weight w", "the buffer that counts training batches")
    for name, one, other in zip(names, got, expected, strict=True):
        checks.close(one, other, rtol=1e-6, what=name)


rng = checks.rng()
train, valid, plan = draw_plan(rng)
history = by_arithmetic(train, valid, plan)
with checks.check("returns the best validation accuracy", hint="count right answers over all batches, then divide"):
    checks.close(checks.on_student_side(tuned, fine_tune, train, valid, plan)[0], best_of(history)[0], rtol=1e-6)
with checks.check(
    "leaves the net with the weights of that epoch",
    hint="which epoch are these from? Does what you kept go on changing?",
):
    got = checks.on_student_side(tuned, fine_tune, train, valid, plan)
    checks.close(got[1], best_of(history)[1], rtol=1e-6)
    checks.true(got[-1], "gradients are switched off after the call: no later cell could learn")
### BEGIN HIDDEN TESTS
train, valid, plan = draw_plan(rng)
history = by_arithmetic(train, valid, plan)
with checks.check("of two equally good epochs the first, buffers and all", hint="more than the best, or at least?"):
    got = checks.on_student_side(tuned, fine_tune, train, valid, plan)
    same_epoch(got[:3], best_of(history))
with checks.check("training mode and gradients in training only", hint="look at train(), eval(), set_grad_enabled"):
    *_, calls, _, after = checks.on_student_side(tuned, fine_tune, train, valid, plan)
    modes = [tuple(call) for call in calls]
    least = 3 * plan["epochs"]
    checks.true(modes.count((True, True)) >= least, "too few batches in training mode with gradients")
    checks.true(modes.count((False, False)) >= least, "too few batches in evaluation mode without gradients")
    checks.true(all(mode == grad for mode, grad in modes), "mode and gradients do not go together")
    checks.true(after, "gradients are switched off after the call: no later cell could learn")
with checks.check("one move of the schedule an epoch", hint="where is scheduler.step()? Are gradients cleared?"):
    rate = checks.on_student_side(tuned, fine_tune, train, valid, plan)[4]
    checks.close(rate, plan["lr"] * 0.5 ** (plan["epochs"] // plan["step_size"]), rtol=1e-6)
    never_right = torch.tensor([-1.0, 1000.0]), torch.tensor([0, 1])
    best = checks.on_student_side(tuned, fine_tune, train, never_right, plan | {"epochs": 2})[0]
    checks.close(best, 0.0, what="the best accuracy where no answer is ever right")
with checks.check("one epoch, and three that get better and better", hint="is the best accuracy updated too?"):
    for epochs in (1, 3):
        shorter = plan | {"epochs": epochs}
        got = checks.on_student_side(tuned, fine_tune, train, valid, shorter)
        same_epoch(got[:3], best_of(by_arithmetic(train, valid, shorter)))
    falling = torch.tensor([1e-3, 1000.0, 2000.0]), torch.tensor([0, 0, 0])  # before training it was right on all three
    got = checks.on_student_side(tuned, fine_tune, train, falling, shorter)
    same_epoch(got[:3], best_of(by_arithmetic(train, falling, shorter)))
### END HIDDEN TESTS

# %% [markdown]
# **Now you can** reuse a trained network in every usual way. *Further reading:* [torchvision: models and
# weights](https://pytorch.org/vision/stable/models.html); Chilamkurthy, [*Transfer Learning for Computer Vision
# Tutorial*](https://pytorch.org/tutorials/beginner/transfer_learning_tutorial.html); Howard and Ruder, *Universal
# Language Model Fine-tuning* (2018), on discriminative rates.
