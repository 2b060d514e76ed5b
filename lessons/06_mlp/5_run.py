# %% [markdown]
# ## 16 · The data, once
#
# **In this part you will** fetch a file without ever fetching it twice, write a data module and a trainer that stops in
# time, train a network that is yours from the scores to the loop, and mend one that forgets everything overnight.
#
# Data usually come from the web, and a notebook is run many times. So the file is downloaded *once*, and read from the
# disk ever after. `requests.get(url)` returns a reply with `.status_code` (200 is fine, 404 "there is no such page")
# and `.content`, the bytes. A page that says "not found" has content too; `raise_for_status()` turns it into an error.
#
# A download can break off in the middle. If half a file lay under the final name, the next run would take it for the
# whole. So write to another name first, and **rename** at the end: a rename happens entirely or not at all.
#
# ### Exercise: fetch it once
# difficulty 2/5 · 7 minutes · cards: fetch-once, half-a-file
#
# Fill the blanks. `session` has the same `get` as `requests`; the tests hand in one that gets its pages from memory.
# `path` is a `pathlib.Path`, with `exists()`, `read_bytes()`, `write_bytes(bytes)` and `replace(other)`, which renames
# the file to `other`. If the page cannot be had, the error of requests goes to the caller, with no file under `path`.


# %% solution="fetch_once"
def fetch_once(session, url: str, path: Path) -> bytes:
    """The bytes of the file at path, which is downloaded from url if it is not there yet."""
    if not path.exists():  # ? not path.exists()
        reply = session.get(url, timeout=10)  # ? get | url@1
        reply.raise_for_status()  # ? raise_for_status
        part = path.with_suffix(".part")
        part.write_bytes(reply.content)  # ? write_bytes | reply.content
        part.replace(path)  # ? replace | path
    return path.read_bytes()


# %% tests="fetch_once" points=3
def fetched(fetch_once, pages, calls, there):
    """What each call returned or raised, which pages were asked for, and the files afterwards."""
    import tempfile
    from pathlib import Path

    import requests

    asked, results = [], []

    class Pages(requests.adapters.BaseAdapter):
        def send(self, request, **options):
            asked.append(request.url)
            reply = requests.Response()
            reply.url, reply.request = request.url, request
            reply.status_code = 200 if request.url in pages else 404
            reply._content = pages.get(request.url, b"no such page") if request.method == "GET" else b""
            return reply

        def close(self):
            """Nothing is open."""

    session = requests.Session()
    session.trust_env = False
    session.mount("shelf://", Pages())
    with tempfile.TemporaryDirectory() as folder:
        for name, content in there.items():
            (Path(folder) / name).write_bytes(content)
        for url, name in calls:
            try:
                results.append(bytes(fetch_once(session, url, Path(folder) / name)))
            except requests.HTTPError:
                results.append("HTTPError")
        files = {path.name: path.read_bytes() for path in Path(folder).iterdir()}
    return results, asked, files


with checks.check("downloaded, and returned", hint="get, check the status, write, rename, read", points=0.5):
    results, asked, _ = checks.on_student_side(
        fetched, fetch_once, {"shelf://a": b"seven"}, [("shelf://a", "a.bin")], {}
    )
    checks.equal((results, asked), ([b"seven"], ["shelf://a"]))
### BEGIN HIDDEN TESTS
rng = checks.rng()
edges = b" \xff\xfe\x00\x81\r\n"  # no text, and white space at both ends
pages = {f"shelf://{word}": edges + " ".join(rng.words(4)).encode() + edges for word in ("x", "y")}
pages["shelf://none"] = b""
with checks.check("the second time nothing is asked for", hint="when is there nothing to download?"):
    calls = [(f"shelf://{name}", f"{name}.bin") for name in ("x", "y", "x", "none", "none")]
    results, asked, files = checks.on_student_side(fetched, fetch_once, pages, calls, {})
    checks.equal(results, [pages[url] for url, _ in calls])
    checks.equal(asked, ["shelf://x", "shelf://y", "shelf://none"], what="requests")
    checks.equal(files, {"x.bin": pages["shelf://x"], "y.bin": pages["shelf://y"], "none.bin": b""}, what="files")
with checks.check("a file that is there is left alone", hint="exists?", points=0.5):
    calls, older = [("shelf://x", "k.bin")], {"k.bin": b"older"}
    results, asked, files = checks.on_student_side(fetched, fetch_once, pages, calls, older)
    checks.equal((results, asked, files), ([b"older"], [], older))
with checks.check("a missing page is an error, and no file", hint="which call of the reply looks at the status?"):
    calls = [("shelf://gone", "g.bin"), ("shelf://x", "g.bin")]
    results, asked, files = checks.on_student_side(fetched, fetch_once, pages, calls, {})
    checks.equal(results, ["HTTPError", pages["shelf://x"]])
    checks.equal(files, {"g.bin": pages["shelf://x"]}, what="files")
### END HIDDEN TESTS

# %% [markdown]
# ## 17 · A trainer that stops in time
#
# Lesson 05 divides a program into three: the *module* knows model and loss, the *data module* hands out batches, and
# the *trainer* owns the loop; a *board* shows how it goes. What is missing is when to stop. The training loss falls for
# ever; the validation loss turns round when the model begins to learn pictures by heart. **Early stopping** keeps a
# copy of the model at its best epoch, gives up after `patience` epochs without a new best, and puts the copy back. It
# is the cheapest remedy against overfitting. (The patience, the learning rate, the width are **hyperparameters**: you
# choose them. Weights and biases are **parameters**: gradients find them. A running mean is neither.)
#
# ### Exercise: data module and trainer
# difficulty 4/5 · 25 minutes · cards: early-stopping, parameter-or-hyper
#
# `DataModule`: `train_batches()` yields pairs (xb, yb) of `size` rows, all rows once, in a new random order at each
# call; the last batch may be smaller. `valid_batches()` yields the validation rows in their order.
#
# `Trainer.fit` runs at most `max_epochs` epochs. In each of them:
#
# - call `model.train()`, then for each training batch step with `opt` on its mean loss, `model.training_step(batch)`;
# - then call `model.eval()` and, recording no gradients, `model.validation_step(batch)` for each validation batch;
# - add `"training loss"` and `"validation loss"` to the board: the means over all *rows* of the epoch (a batch is a
#   pair of tensors; a small one counts less), as numbers.
#
# An epoch is a new best if its validation loss is below that of every epoch before, by however little. After `patience`
# epochs in a row without a new best, stop. (`patience` and `max_epochs` are at least 1, all losses finite.) In the end
# give all tensors of `model.state_dict()`, in place, their values at the end of the best epoch, and return its number,
# counted from 1. (`state_dict()` returns the model's own tensors, detached, not copied; there is no `load_state_dict`.)
#
# hint: Whoever keeps `state_dict()` without a copy keeps the newest values.


# %% solution="Trainer" promises="random(shuffle), leaves-inputs"
class DataModule:
    """Hands out batches of its rows."""

    def __init__(self, x, y, valid_x, valid_y, size: int):
        self.train, self.valid, self.size = (x, y), (valid_x, valid_y), size

    ### BEGIN SOLUTION
    def train_batches(self):
        x, y = self.train
        for rows in torch.randperm(len(x)).split(self.size):
            yield x[rows], y[rows]

    def valid_batches(self):
        x, y = self.valid
        return zip(x.split(self.size), y.split(self.size), strict=True)

    ### END SOLUTION


class Trainer:
    """Owns the loop, and stops in time."""

    def __init__(self, max_epochs: int, board, patience: int):
        self.max_epochs, self.board, self.patience = max_epochs, board, patience

    def fit(self, model, data, opt) -> int:
        """Trains the model in place and leaves it as it was at its best epoch, whose number it returns."""
        ### BEGIN SOLUTION
        best, best_epoch, kept = math.inf, 0, {}
        for epoch in range(1, self.max_epochs + 1):
            model.train()
            total, rows = 0.0, 0
            for batch in data.train_batches():
                loss = model.training_step(batch)
                opt.zero_grad()
                loss.backward()
                opt.step()
                total, rows = total + loss.item() * len(batch[0]), rows + len(batch[0])
            self.board.add("training loss", total / rows)
            model.eval()
            total, rows = 0.0, 0
            with torch.no_grad():
                for batch in data.valid_batches():
                    total, rows = total + model.validation_step(batch).item() * len(batch[0]), rows + len(batch[0])
            self.board.add("validation loss", total / rows)
            if total / rows < best:
                best, best_epoch = total / rows, epoch
                kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
            elif epoch - best_epoch >= self.patience:
                break
        for name, tensor in model.state_dict().items():
            tensor.copy_(kept[name])
        return best_epoch
        ### END SOLUTION


# %% tests="Trainer" points=7
def handed_out(kind, x, y, size, times=2):
    """The batches of some passes through the training rows, and one through the validation rows, which are x + 100."""
    data = kind(x, y, x + 100, y, size)
    passes = [[(xb.clone(), yb.clone()) for xb, yb in data.train_batches()] for _ in range(times)]
    return passes, [(xb.clone(), yb.clone()) for xb, yb in data.valid_batches()]


def run(trainer, losses, patience, max_epochs, lr=0.5, momentum=0.0):
    """Everything about a run whose validation losses are given; each training batch of k rows has the loss k w."""
    from types import SimpleNamespace

    import torch

    calls, curves = [], {}
    train = [(torch.ones(k, 1), torch.ones(k)) for k in (3, 1)]
    valid = [(torch.ones(k, 1), torch.full((k,), float(k))) for k in (1, 4)]

    class Model(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.w = torch.nn.Parameter(torch.tensor(10.0))
            self.register_buffer("steps", torch.tensor(0.0))

        def load_state_dict(self, *given):
            raise AttributeError("the model has no load_state_dict: copy into the tensors of its state_dict()")

        def training_step(self, batch):
            calls.append(("train", self.training, torch.is_grad_enabled()))
            self.steps += 1
            return len(batch[0]) * self.w

        def validation_step(self, batch):
            calls.append(("valid", self.training, torch.is_grad_enabled()))
            epoch = int(self.steps) // 2 - 1
            return (losses[epoch] * len(batch[0]) + 0 * self.w) * (1 if len(batch[0]) == 4 else -1)

    model = Model()
    own = model.w
    opt = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum)
    data = SimpleNamespace(train_batches=lambda: iter(train), valid_batches=lambda: iter(valid))
    board = SimpleNamespace(curves=curves, draw=lambda *given: None)
    board.add = lambda name, value: curves.setdefault(name, []).append(value)
    best = trainer(max_epochs, board, patience).fit(model, data, opt)
    return best, float(model.w), float(model.steps), curves, calls, model.w is own and model.w.requires_grad


def examples(rng):
    def order(x, y):
        passes, _ = checks.on_student_side(handed_out, DataModule, x, y, 4, 1)
        return torch.cat([yb for _, yb in passes[0]])

    yield checks.example(order, {"x": rng.tensor(7, 2), "y": torch.arange(7)})


with checks.check("batches of pairs", hint="rows and labels by the same numbers", points=0.5):
    x = torch.arange(10.0).reshape(5, 2)
    (first, _), valid = checks.on_student_side(handed_out, DataModule, x, torch.arange(5), 2)
    checks.equal([len(xb) for xb, _ in first], [2, 2, 1])
    checks.close(torch.cat([xb for xb, _ in valid]), x + 100)
with checks.check("one epoch, two steps", hint="slopes of 3 and of 1, at a rate of one half", points=0.5):
    best, w, *_ = checks.on_student_side(run, Trainer, [1.0], 3, 1)
    checks.equal((best, w), (1, 8.0))


### BEGIN HIDDEN TESTS
def expected(losses, patience, max_epochs):
    """The best epoch, and how many were run."""
    best, best_epoch = math.inf, 0
    for epoch in range(1, max_epochs + 1):
        if losses[epoch - 1] < best:
            best, best_epoch = losses[epoch - 1], epoch
        elif epoch - best_epoch >= patience:
            return best_epoch, epoch
    return best_epoch, max_epochs


rng = checks.rng()
with checks.check("every row once in each pass, with its label, in a new order", hint="one permutation for both"):
    for n, size in ((40, 15), (12, 4), (7, 10), (9, 1)):
        x, y = rng.tensor(n, 3), rng.permutation(n)
        passes, valid = checks.on_student_side(handed_out, DataModule, x, y, size)
        for batches in passes:
            checks.equal([len(xb) for xb, _ in batches], [len(part) for part in y.split(size)], what="sizes")
            labels = torch.cat([yb for _, yb in batches])
            checks.equal(sorted(labels.tolist()), list(range(n)), what="labels")
            checks.close(torch.cat([xb for xb, _ in batches]), x[[y.tolist().index(k) for k in labels.tolist()]])
        if n > 20:
            checks.true(passes[0][0][1].tolist() != passes[1][0][1].tolist(), "twice the same order")
        checks.equal(torch.cat([yb for _, yb in valid]).tolist(), y.tolist(), what="validation labels")
script = [5.0, 4.0, 4.5, 4.2, 3.0, 3.0, 3.5, 2.0, 2.5, 2.4, 1.0, 9.0]
with checks.check("stops when there is no new best for so long", points=2, hint="an equal loss is not better"):
    others = [1 + loss / 1000 for loss in script], [loss - 9.5 for loss in script], [1e12 * loss for loss in script]
    runs = [(script, patience, 12) for patience in (1, 2, 3)] + [(script, 4, 11), (script, 3, 6), (script, 9, 3)]
    for losses, patience, most in runs + [(losses, 3, 12) for losses in others]:
        best, _, _, curves, calls, _ = checks.on_student_side(run, Trainer, losses, patience, most)
        found, what = (best, len(curves["validation loss"])), f"patience {patience}, losses {losses}"
        checks.equal(found, expected(losses, patience, most), what=f"{what}: best epoch, epochs run")
with checks.check(
    "the best weights come back, buffers too", hint="a copy of every tensor of the state, copied back in place"
):
    for patience, most, momentum in ((2, 12, 0.0), (3, 12, 0.5), (3, 6, 0.0)):
        best, w, steps, _, _, same = checks.on_student_side(run, Trainer, script, patience, most, 0.1, momentum)
        right, velocity = 10.0, 0.0
        for slope in [3.0, 1.0] * best:
            velocity = momentum * velocity + slope
            right -= 0.1 * velocity
        checks.close(w, right, rtol=1e-4, what="the weight")
        checks.equal(steps, 2.0 * best, what="the buffer")
        checks.true(same, "the model's parameter is another one now: copy the values into it")
with checks.check("curves: means over rows", hint="a batch of three rows counts three times"):
    _, _, _, curves, _, _ = checks.on_student_side(run, Trainer, script, 2, 4, 0.1)
    starts = [10 - 0.4 * epoch for epoch in range(4)]
    checks.close(curves["training loss"], [(3 * 3 * w + (w - 0.3)) / 4 for w in starts], rtol=1e-4, what="training")
    checks.close(curves["validation loss"], [loss * (16 - 1) / 5 for loss in script[:4]], rtol=1e-4, what="validation")
with checks.check("modes, and no gradients in validation", hint="train() and eval() in every epoch"):
    calls = checks.on_student_side(run, Trainer, script, 2, 3)[4]
    right = [("train", True, True)] * 2 + [("valid", False, False)] * 2
    checks.equal([tuple(call) for call in calls], right * 3)
### END HIDDEN TESTS

# %% [markdown]
# ## 18 · All yours
#
# Now put together your `Module`, `matrices` with your `gain_of`, your `dropout` and `cross_entropy`, your data module
# and trainer. PyTorch's part is tensors, `nn.Parameter`, autograd and SGD. (Lessons 03 and 05 build the last two.)


# %%
class Layer(Module):
    def __init__(self, w_start):
        super().__init__()
        self.w, self.b = nn.Parameter(w_start), nn.Parameter(torch.zeros(w_start.shape[1]))

    def forward(self, x):
        return x @ self.w + self.b


class Reader(Module):
    def __init__(self, width, rate):
        super().__init__()
        self.rate = rate
        self.hidden, self.out = map(Layer, matrices([784, width, 10], gain_of(torch.relu)))

    def forward(self, x):
        hidden = torch.maximum(self.hidden(dropout(x, self.rate / 2, self.training)), torch.tensor(0.0))
        return self.out(dropout(hidden, self.rate, self.training))

    def training_step(self, batch):
        return cross_entropy(self(batch[0]), batch[1])

    validation_step = training_step


# %% [markdown]
# A fifth of the training pictures is kept for *validation*, that is, for deciding when to stop; the 1,000 digits of the
# table take no part in it. **Predict** which network has the lower training loss, and which the lower validation loss.

# %%
figure, axes = plt.subplots(1, 2, figsize=(9, 2.8), layout="tight")
own = DataModule(train_x[:3200], train_y[:3200], train_x[3200:], train_y[3200:], size=64)
for (name, rate), axis in zip({"without dropout": 0.0, "with dropout": 0.4}.items(), axes, strict=True):
    torch.manual_seed(0)
    reader, board = Reader(256, rate), Board()
    opt = torch.optim.SGD(reader.parameters(), lr=0.05, momentum=0.9)
    best = Trainer(device.budget(40), board, patience=6).fit(reader, own, opt)
    reached[f"your network, {name}"] = accuracy(predict(reader.eval(), valid_x)[1], valid_y)
    board.draw(axis, f"{name}: best epoch {best}")

# %%
published = {
    "softmax regression": "0.880   linear classifier, 1998: LeCun's MNIST page",
    "your network, without dropout": "0.984   800 units, cross-entropy: Simard et al. (2003)",
    "your network, with dropout": "0.988   3 layers of 1,024 ReLUs: Srivastava et al. (2014)",
}
print(f"{'digits read correctly':32}{'here':>6}{'±':>7}   published, 60,000 to learn from, 10,000 to check")
for name, share in reached.items():
    print(f"{name:32}{share:6.3f}{math.sqrt(share * (1 - share) / len(valid_y)):7.3f}   {published[name]}")

# %% [markdown]
# The published networks learnt from 60,000 pictures, yours from 3,200: most of the gap. (In row one you are ahead of
# 1998: by cross-entropy, a linear model reaches about 0.92 on all of MNIST.) The ± is one standard error. Two networks
# that read *the same* pictures are compared where they differ: a difference can be sure even where the ± overlap.
#
# ## 19 · Find the bug, and say it in your own words
# ### Exercise: the network that forgets
# difficulty 3/5 · 12 minutes · cards: list-of-layers
#
# A colleague's network trains, though adding hidden layers makes it *worse*, and it never gets far. In the evening
# she saves `state_dict()`. The next morning she makes the same network, loads the file, without an error, and it
# reads digits hardly better than by guessing. There is **one** mistake. Find it and repair it. `depth` is at least 1.
#
# hint: Count its parameters.


# %% solution="Tower" promises="leaves-inputs"
class Tower(nn.Module):
    """So many hidden layers of ReLUs (depth), each of this width, and a linear layer on top of them."""

    def __init__(self, features: int, width: int, depth: int, classes: int):
        super().__init__()
        ### BEGIN SOLUTION
        #! sizes = [features] + depth * [width]
        #! self.hidden = [nn.Linear(d, units) for d, units in zip(sizes[:-1], sizes[1:])]
        #! self.out = nn.Linear(width, classes)
        sizes = [features] + depth * [width]
        self.hidden = nn.ModuleList(nn.Linear(d, units) for d, units in itertools.pairwise(sizes))
        self.out = nn.Linear(width, classes)
        ### END SOLUTION

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.hidden:
            x = torch.relu(layer(x))
        return self.out(x)


# %% tests="Tower" points=4
def evening_and_morning(tower, sizes, x):
    """How many parameters a tower has, and what two towers with the same state say."""
    import torch

    first, second = tower(*sizes), tower(*sizes)
    second.load_state_dict({name: value.clone() for name, value in first.state_dict().items()})
    said = first(x).detach(), second(x).detach()
    return sum(p.numel() for p in first.parameters()), *said


def filled(tower, sizes, x, w, b):
    """What a tower says whose weights are all w and whose biases are all b."""
    import torch

    net = tower(*sizes)
    with torch.no_grad():
        for p in net.parameters():
            p.fill_(w if p.ndim == 2 else b)
        return net(x)


def examples(rng):
    call = lambda x: checks.on_student_side(filled, Tower, (3, 4, 2, 2), x, 0.3, 0.1)
    yield checks.example(call, {"x": rng.tensor(2, 3)})


with checks.check("how many parameters?", hint="three times four, four biases; four times two, two biases", points=1):
    count, *_ = checks.on_student_side(evening_and_morning, Tower, (3, 4, 1, 2), torch.ones(2, 3))
    checks.equal(count, 26)
### BEGIN HIDDEN TESTS
rng = checks.rng()
cases = [(5, 4, 1, 3), (2, 6, 3, 4), (7, 3, 5, 2)]
with checks.check("the morning after", points=2, hint="does the state hold every layer?"):
    for sizes in cases:
        features, width, depth, classes = sizes
        count, first, second = checks.on_student_side(evening_and_morning, Tower, sizes, rng.tensor(6, features))
        right = features * width + width + (depth - 1) * (width * width + width) + width * classes + classes
        checks.equal(count, right, what=f"parameters of {sizes}")
        checks.close(second, first, what="the loaded tower")
with checks.check("the same function as before", hint="ReLU after each hidden layer, none after the last"):
    for sizes in cases:
        x, b = torch.cat([rng.tensor(3, sizes[0]), torch.ones(1, sizes[0])]), rng.uniform(-0.2, 0.2)
        for w in (0.3, -0.4):
            a = (w * x.sum(dim=1) + b).clamp(min=0)
            for _ in range(sizes[2] - 1):
                a = (w * sizes[1] * a + b).clamp(min=0)
            right = (w * sizes[1] * a + b)[:, None].expand(4, sizes[3])
            checks.close(checks.on_student_side(filled, Tower, sizes, x, w, b), right, rtol=1e-3, atol=1e-4)
### END HIDDEN TESTS

# %% [markdown]
# ### In your own words

# %% [markdown] question="why_bend" points=2
# **Why bend?** A colleague stacks five linear layers without activations, and her results are those of one. Another
# says: "One hidden layer can approximate everything, so nobody needs a second." What do you tell each of them?
#
# ### BEGIN MARK SCHEME
# - 1 point: a product of matrices is a matrix, so five linear layers are one; they need a bend between them.
# - 1 point: the theorem says that weights exist for a wide enough layer; not how many units it takes (depth often
#   needs far fewer), nor that training finds them, nor that it does well on new data.
# - Half an answer: "non-linearity makes it more powerful" without why linear layers collapse: no first point.
# ### END MARK SCHEME

# %% [markdown] question="diagnose" points=2
# **Two patients.** Network A: 99.9 % right on training pictures, 94 % on validation. Network B: 91 % and 90.5 %;
# people read 99.8 % of these pictures. Name the disease of each, one remedy that helps, and one that does not.
#
# ### BEGIN MARK SCHEME
# - 1 point: A overfits (variance): more data, augmentation, dropout, decay, stopping early, averaging; not: a larger
#   model or longer training by itself.
# - 1 point: B underfits (bias, measured against what people reach): larger model, longer training, better optimiser
#   or start, less restraint; not: more data or dropout.
# - Half an answer: "A is bad, B generalises well, so B is better": no point, since A is better on new pictures.
# ### END MARK SCHEME

# %% [markdown] question="read_the_table" points=2
# **Read your table.** Does dropout help here? Say what the table and the two boards show, how sure you are of it, and
# what you would do to be surer.
#
# ### BEGIN MARK SCHEME
# - 1 point: their own numbers with the standard error (about 0.006 for 1,000 pictures); with dropout the gap between
#   training and validation loss is smaller. A difference below a standard error or two of the *difference on the same
#   pictures* is not sure.
# - 1 point: one of: several seeds, the pictures on which both differ (a paired test), more validation pictures, a
#   search for the rate on the validation part and not on the table's.
# - Half an answer: "0.95 is larger than 0.94, so yes" without any error: no first point.
# ### END MARK SCHEME

# %% [markdown]
# ## What you have built
# Chances and their price, bends, first weights, norms, dropout, penalties, a Module that knows its parts, a trainer
# that stops in time. An MLP assumes nothing about its input: shuffle the pixels of all pictures alike, and it learns as
# well. Lesson 07 builds in what we know of pictures: neighbours belong together, and a seven is a seven anywhere.
#
# **Now you can** train a network of your own parts on real data, stop it in time, compare it, and find lost layers.
#
# *Further reading:* Goodfellow et al., *Deep Learning*, chapters 6, 7; Prechelt, "Early Stopping - But When?" (1998).
