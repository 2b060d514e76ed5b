# Answers to the exercises of 4_learner.py, right and wrong: what `course audit` grades. No student sees them.

# %% equivalent="TinyLearner: its methods are given no tensor and no network"
# spoiler: TinyLearner works on copies


# %% right="TinyLearner: clears first, in methods of its own"
class TinyLearner:
    def __init__(self, train_dl, valid_dl, model, loss_func, opt_func, validate):
        self.train_dl, self.valid_dl, self.model = train_dl, valid_dl, model
        self.loss_func, self.opt_func, self.validate = loss_func, opt_func, validate
        self.history = []

    def one_batch(self, xb, yb):
        self.opt.zero_grad()
        self.loss_func(self.model(xb), yb).backward()
        self.opt.step()

    def fit(self, epochs, lr):
        self.opt = self.opt_func(self.model.parameters(), lr)
        for _ in range(epochs):
            self.model.train()
            for xb, yb in self.train_dl:
                self.one_batch(xb, yb)
            self.model.eval()
            self.history += [self.validate(self.model, self.valid_dl)]


# %% right="TinyLearner: train(False), no gradients for validation"
class TinyLearner:
    def __init__(self, train_dl, valid_dl, model, loss_func, opt_func, validate):
        self.train_dl, self.valid_dl, self.model = train_dl, valid_dl, model
        self.loss_func, self.opt_func, self.validate = loss_func, opt_func, validate
        self.history = []

    def fit(self, epochs, lr):
        opt = self.opt_func(list(self.model.parameters()), lr)
        while epochs:
            epochs -= 1
            self.model.train(True)
            for xb, yb in self.train_dl:
                loss = self.loss_func(self.model(xb), yb)
                opt.zero_grad()
                loss.backward()
                opt.step()
            self.model.train(False)
            with torch.no_grad():
                self.history.append(self.validate(self.model, self.valid_dl))


# %% wrong="TinyLearner: forgets to clear the gradients"
class TinyLearner:
    def __init__(self, train_dl, valid_dl, model, loss_func, opt_func, validate):
        self.train_dl, self.valid_dl, self.model = train_dl, valid_dl, model
        self.loss_func, self.opt_func, self.validate = loss_func, opt_func, validate
        self.history = []

    def fit(self, epochs, lr):
        opt = self.opt_func(self.model.parameters(), lr)
        for _ in range(epochs):
            self.model.train()
            for xb, yb in self.train_dl:
                self.loss_func(self.model(xb), yb).backward()
                opt.step()
            self.model.eval()
            self.history.append(self.validate(self.model, self.valid_dl))


# %% wrong="TinyLearner: never goes back to training mode"
class TinyLearner:
    def __init__(self, train_dl, valid_dl, model, loss_func, opt_func, validate):
        self.train_dl, self.valid_dl, self.model = train_dl, valid_dl, model
        self.loss_func, self.opt_func, self.validate = loss_func, opt_func, validate
        self.history = []

    def fit(self, epochs, lr):
        opt = self.opt_func(self.model.parameters(), lr)
        self.model.train()
        for _ in range(epochs):
            for xb, yb in self.train_dl:
                self.loss_func(self.model(xb), yb).backward()
                opt.step()
                opt.zero_grad()
            self.model.eval()
            self.history.append(self.validate(self.model, self.valid_dl))


# %% wrong="TinyLearner: a new optimiser in every epoch"
class TinyLearner:
    def __init__(self, train_dl, valid_dl, model, loss_func, opt_func, validate):
        self.train_dl, self.valid_dl, self.model = train_dl, valid_dl, model
        self.loss_func, self.opt_func, self.validate = loss_func, opt_func, validate
        self.history = []

    def fit(self, epochs, lr):
        for _ in range(epochs):
            opt = self.opt_func(self.model.parameters(), lr)
            self.model.train()
            for xb, yb in self.train_dl:
                self.loss_func(self.model(xb), yb).backward()
                opt.step()
                opt.zero_grad()
            self.model.eval()
            self.history.append(self.validate(self.model, self.valid_dl))


# %% wrong="TinyLearner: one step an epoch"
class TinyLearner:
    def __init__(self, train_dl, valid_dl, model, loss_func, opt_func, validate):
        self.train_dl, self.valid_dl, self.model = train_dl, valid_dl, model
        self.loss_func, self.opt_func, self.validate = loss_func, opt_func, validate
        self.history = []

    def fit(self, epochs, lr):
        opt = self.opt_func(self.model.parameters(), lr)
        for _ in range(epochs):
            self.model.train()
            for xb, yb in self.train_dl:
                loss = self.loss_func(self.model(xb), yb)
            loss.backward()
            opt.step()
            opt.zero_grad()
            self.model.eval()
            self.history.append(self.validate(self.model, self.valid_dl))


# %% wrong="TinyLearner: validates only at the end"
class TinyLearner:
    def __init__(self, train_dl, valid_dl, model, loss_func, opt_func, validate):
        self.train_dl, self.valid_dl, self.model = train_dl, valid_dl, model
        self.loss_func, self.opt_func, self.validate = loss_func, opt_func, validate
        self.history = []

    def fit(self, epochs, lr):
        opt = self.opt_func(self.model.parameters(), lr)
        for _ in range(epochs):
            self.model.train()
            for xb, yb in self.train_dl:
                self.loss_func(self.model(xb), yb).backward()
                opt.step()
                opt.zero_grad()
        self.model.eval()
        self.history.append(self.validate(self.model, self.valid_dl))


# %% right="collapse: asks the two layers"
def collapse(w1, b1, w2, b2):
    def both(x):
        return (x @ w1 + b1) @ w2 + b2

    bias = both(torch.zeros(w1.shape[0]))
    return both(torch.eye(w1.shape[0])) - bias, bias


# %% right="collapse: by einsum"
def collapse(w1, b1, w2, b2):
    return torch.einsum("nm,mk->nk", w1, w2), torch.einsum("m,mk->k", b1, w2) + b2


# %% right="collapse: number by number, in double precision"
def collapse(w1, b1, w2, b2):
    dtype = w1.dtype
    w1, b1, w2, b2 = (part.double() for part in (w1, b1, w2, b2))
    columns = range(w2.shape[1])
    w = torch.tensor([[(row * w2[:, k]).sum().item() for k in columns] for row in w1], dtype=torch.float64)
    return w.to(dtype), torch.stack([b1.dot(w2[:, k]) + b2[k] for k in columns]).to(dtype)


# %% wrong="collapse: adds the biases"
def collapse(w1, b1, w2, b2):
    return w1 @ w2, (b1.sum() + b2).reshape(b2.shape)


# %% wrong="collapse: forgets the second bias"
def collapse(w1, b1, w2, b2):
    return w1 @ w2, b1 @ w2


# %% wrong="collapse: forgets the first bias"
def collapse(w1, b1, w2, b2):
    return w1 @ w2, b2


# %% wrong="collapse: the other order"
def collapse(w1, b1, w2, b2):
    return w2.T @ w1.T, b1 @ w2 + b2


# %% equivalent="digit_resnet: None is the default"
# - net = resnet18(weights=None, num_classes=classes)
# + net = resnet18(num_classes=classes)


# %% right="digit_resnet: a new head too"
def digit_resnet(classes):
    net = resnet18()
    net.conv1 = nn.Conv2d(1, net.conv1.out_channels, 7, 2, 3, bias=False)
    net.fc = nn.Linear(net.fc.in_features, classes)
    return net


# %% right="digit_resnet: the sum of the old channels"
def digit_resnet(classes):
    net = resnet18(num_classes=classes)
    old = net.conv1
    net.conv1 = nn.Conv2d(1, 64, old.kernel_size, old.stride, old.padding, bias=False)
    net.conv1.weight.data = old.weight.data.sum(1, keepdim=True)
    return net


# %% wrong="digit_resnet: still three channels"
def digit_resnet(classes):
    net = resnet18(weights=None, num_classes=classes)
    net.conv1 = nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3, bias=False)
    return net


# %% wrong="digit_resnet: a thousand classes"
def digit_resnet(classes):
    net = resnet18(weights=None)
    net.conv1 = nn.Conv2d(1, 64, kernel_size=7, stride=2, padding=3, bias=False)
    return net


# %% wrong="digit_resnet: a bias too many"
def digit_resnet(classes):
    net = resnet18(weights=None, num_classes=classes)
    net.conv1 = nn.Conv2d(1, 64, kernel_size=7, stride=2, padding=3)
    return net


# %% wrong="digit_resnet: stride left out"
def digit_resnet(classes):
    net = resnet18(weights=None, num_classes=classes)
    net.conv1 = nn.Conv2d(1, 64, kernel_size=7, padding=3, bias=False)
    return net


# %% right="TinyLearner: a step in training mode, looked at once more"
class TinyLearner:
    def __init__(self, train_dl, valid_dl, model, loss_func, opt_func, validate):
        self.train_dl, self.valid_dl, self.model = train_dl, valid_dl, model
        self.loss_func, self.opt_func, self.validate = loss_func, opt_func, validate
        self.history = []

    def fit(self, epochs, lr):
        opt = self.opt_func(self.model.parameters(), lr)
        for _ in range(epochs):
            self.model.train()
            for xb, yb in self.train_dl:
                opt.zero_grad()
                loss = self.loss_func(self.model(xb), yb)
                loss.backward()
                opt.step()
            self.model.eval()
            with torch.no_grad():
                self.model(xb)  # one more look
            self.history.append(self.validate(self.model, self.valid_dl))
            print("epoch done, n =", len(self.train_dl.dataset))


# %% wrong="TinyLearner: forgets the history of the fit before"
class TinyLearner:
    def __init__(self, train_dl, valid_dl, model, loss_func, opt_func, validate):
        self.train_dl, self.valid_dl, self.model = train_dl, valid_dl, model
        self.loss_func, self.opt_func, self.validate = loss_func, opt_func, validate
        self.history = []

    def fit(self, epochs, lr):
        self.history = []
        opt = self.opt_func(self.model.parameters(), lr)
        for _ in range(epochs):
            self.model.train()
            for xb, yb in self.train_dl:
                opt.zero_grad()
                self.loss_func(self.model(xb), yb).backward()
                opt.step()
            self.model.eval()
            self.history.append(self.validate(self.model, self.valid_dl))


# %% wrong="TinyLearner: hands over one parameter"
class TinyLearner:
    def __init__(self, train_dl, valid_dl, model, loss_func, opt_func, validate):
        self.train_dl, self.valid_dl, self.model = train_dl, valid_dl, model
        self.loss_func, self.opt_func, self.validate = loss_func, opt_func, validate
        self.history = []

    def fit(self, epochs, lr):
        opt = self.opt_func([next(self.model.parameters())], lr)
        for _ in range(epochs):
            self.model.train()
            for xb, yb in self.train_dl:
                self.model.zero_grad()
                self.loss_func(self.model(xb), yb).backward()
                opt.step()
            self.model.eval()
            self.history.append(self.validate(self.model, self.valid_dl))


# %% wrong="TinyLearner: trains in evaluation mode"
class TinyLearner:
    def __init__(self, train_dl, valid_dl, model, loss_func, opt_func, validate):
        self.train_dl, self.valid_dl, self.model = train_dl, valid_dl, model
        self.loss_func, self.opt_func, self.validate = loss_func, opt_func, validate
        self.history = []

    def fit(self, epochs, lr):
        opt = self.opt_func(self.model.parameters(), lr)
        self.model.eval()
        for _ in range(epochs):
            for xb, yb in self.train_dl:
                opt.zero_grad()
                self.loss_func(self.model(xb), yb).backward()
                opt.step()
            self.history.append(self.validate(self.model, self.valid_dl))


# %% wrong="collapse: changes the first weights in place"
def collapse(w1, b1, w2, b2):
    bias = b1 @ w2 + b2
    product = w1 @ w2
    w1.zero_()
    return product, bias


# %% wrong="collapse: the size of the bias without its sign"
def collapse(w1, b1, w2, b2):
    return w1 @ w2, (b1 @ w2 + b2).abs()


# %% wrong="digit_resnet: a frame too narrow"
def digit_resnet(classes):
    net = resnet18(weights=None, num_classes=classes)
    net.conv1 = nn.Conv2d(1, 64, kernel_size=7, stride=2, padding=2, bias=False)
    return net


# %% wrong="TinyLearner: takes the batches out of the loader once for all epochs"
class TinyLearner:
    def __init__(self, train_dl, valid_dl, model, loss_func, opt_func, validate):
        self.train_dl, self.valid_dl, self.model = train_dl, valid_dl, model
        self.loss_func, self.opt_func, self.validate = loss_func, opt_func, validate
        self.history = []

    def fit(self, epochs, lr):
        opt, batches = self.opt_func(self.model.parameters(), lr), list(self.train_dl)
        for _ in range(epochs):
            self.model.train()
            for xb, yb in batches:
                self.loss_func(self.model(xb), yb).backward()
                opt.step()
                opt.zero_grad()
            self.model.eval()
            self.history.append(self.validate(self.model, self.valid_dl))


# %% wrong="TinyLearner: stops when the history no longer falls"
class TinyLearner:
    def __init__(self, train_dl, valid_dl, model, loss_func, opt_func, validate):
        self.train_dl, self.valid_dl, self.model = train_dl, valid_dl, model
        self.loss_func, self.opt_func, self.validate = loss_func, opt_func, validate
        self.history = []

    def fit(self, epochs, lr):
        opt, best = self.opt_func(self.model.parameters(), lr), float("inf")
        for _ in range(epochs):
            self.model.train()
            for xb, yb in self.train_dl:
                self.loss_func(self.model(xb), yb).backward()
                opt.step()
                opt.zero_grad()
            self.model.eval()
            self.history.append(self.validate(self.model, self.valid_dl))
            if not isinstance(self.history[-1], str):
                if self.history[-1] >= best:
                    break
                best = self.history[-1]


# %% wrong="TinyLearner: one history for all learners"
class TinyLearner:
    history = []

    def __init__(self, train_dl, valid_dl, model, loss_func, opt_func, validate):
        self.train_dl, self.valid_dl, self.model = train_dl, valid_dl, model
        self.loss_func, self.opt_func, self.validate = loss_func, opt_func, validate

    def fit(self, epochs, lr):
        opt = self.opt_func(self.model.parameters(), lr)
        for _ in range(epochs):
            self.model.train()
            for xb, yb in self.train_dl:
                self.loss_func(self.model(xb), yb).backward()
                opt.step()
                opt.zero_grad()
            self.model.eval()
            self.history.append(self.validate(self.model, self.valid_dl))


# %% wrong="collapse: room for sixteen rows"
def collapse(w1, b1, w2, b2):
    return w1[:16] @ w2, b1 @ w2 + b2


# %% wrong="digit_resnet: leaves the pooling out, because the pictures are small"
def digit_resnet(classes):
    net = resnet18(weights=None, num_classes=classes)
    net.conv1 = nn.Conv2d(1, 64, kernel_size=7, stride=2, padding=3, bias=False)
    net.maxpool = nn.Identity()
    return net


# %% wrong="digit_resnet: only both ends can be trained"
def digit_resnet(classes):
    net = resnet18(weights=None, num_classes=classes).requires_grad_(False)
    net.fc.requires_grad_()
    net.conv1 = nn.Conv2d(1, 64, kernel_size=7, stride=2, padding=3, bias=False)
    return net


# %% wrong="digit_resnet: the rim repeats the picture"
def digit_resnet(classes):
    net = resnet18(weights=None, num_classes=classes)
    net.conv1 = nn.Conv2d(1, 64, kernel_size=7, stride=2, padding=3, bias=False, padding_mode="replicate")
    return net
