"""What lessons are made of, tested across the boundary by test code as an author would write it for one kernel."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from course import checks
from tests.grading.boundary.pair import examinee

MODULES = """
import collections, torch
from torch import nn
from torch.nn import functional as F

class Block(nn.Module):
    def __init__(self, width, act=nn.ReLU):
        super().__init__()
        self.fc1, self.fc2, self.drop, self.act = nn.Linear(width, 8), nn.Linear(8, 2), nn.Dropout(0.5), act()
        self.register_buffer("calls", torch.zeros(()))
    def forward(self, x):
        self.calls += 1
        return self.fc2(self.drop(self.act(self.fc1(x))))

def init_params(n): return torch.zeros(n, 1, requires_grad=True), torch.zeros(1, requires_grad=True)
def linear(xb, w, b): return xb @ w + b
def mse(preds, targets): return ((preds - targets) ** 2).mean()

class SGD:
    def __init__(self, params, lr): self.params, self.lr = list(params), lr
    def step(self):
        for p in self.params: p.data -= p.grad.data * self.lr
    def zero_grad(self):
        for p in self.params: p.grad = None

class Momentum(torch.optim.Optimizer):
    def __init__(self, params, lr, beta=0.9): super().__init__(params, dict(lr=lr, beta=beta))
    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                v = self.state[p].get("v", torch.zeros_like(p))
                self.state[p]["v"] = v = group["beta"] * v + p.grad
                p -= group["lr"] * v

def fit(model, opt, x, y, steps):
    losses = []
    for _ in range(steps):
        loss = mse(model(x), y)
        loss.backward()
        opt.step()
        opt.zero_grad()
        losses.append(loss.item())
    return losses

def train_epoch(params, batches, lr):
    for xb, yb in batches:
        loss = mse(linear(xb, *params), yb)
        loss.backward()
        with torch.no_grad():
            for p in params:
                p -= lr * p.grad
                p.grad.zero_()
    return loss

class Pairs:
    def __init__(self, x, y): self.x, self.y = x, y
    def __len__(self): return len(self.x)
    def __getitem__(self, i): return self.x[i], self.y[i]

class Loader:
    def __init__(self, ds, bs): self.ds, self.bs = ds, bs
    def __iter__(self):
        for i in range(0, len(self.ds), self.bs): yield self.ds[i:i + self.bs]

Transition = collections.namedtuple("Transition", "state action reward")
def record(s): return [Transition(s, 1, 0.5)]
def make_loader(x, y): return torch.utils.data.DataLoader(Pairs(x, y), batch_size=2)
def topk(x): return x.max(dim=1)
"""


@pytest.fixture
def student():
    with examinee(MODULES) as end:
        yield end


def test_a_module_is_called_measured_and_switched(student):
    block = student.name("Block")(3)
    x = torch.randn(5, 3)
    checks.shape(block(x), 5, 2)
    assert sum(p.numel() for p in block.parameters()) == 3 * 8 + 8 + 8 * 2 + 2
    assert [name for name, _ in block.named_parameters()] == ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"]
    block.eval()
    assert block.training is False
    assert torch.equal(block(x), block(x))
    block.train()
    assert block.training is True
    assert block.calls.item() == 3
    assert block.fc1.out_features == 8


def test_a_state_dict_goes_out_and_in(student):
    block, other = student.name("Block")(3), student.name("Block")(3)
    state = {name: value.clone() for name, value in block.state_dict().items()}
    assert list(state) == ["calls", "fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"]
    other.load_state_dict(state)
    assert torch.equal(other.fc2.weight, block.fc2.weight)
    mine = nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 2))
    mine.load_state_dict({k.replace("fc1", "0").replace("fc2", "2"): v for k, v in state.items() if k != "calls"})
    x = torch.randn(4, 3)
    checks.close(block.eval()(x), mine(x))
    with torch.no_grad():
        block.fc2.weight.zero_()
        block.fc2.bias.fill_(3)
    checks.close(block(x), torch.full((4, 2), 3.0))


def test_a_librarys_class_is_handed_in(student):
    block = student.name("Block")(3, act=nn.Tanh).eval()
    x = torch.randn(2, 3)
    expected = F.linear(torch.tanh(F.linear(x, block.fc1.weight, block.fc1.bias)), block.fc2.weight, block.fc2.bias)
    checks.close(block(x), expected)


@pytest.mark.parametrize("name", ["SGD", "Momentum"])
def test_an_optimiser_moves_the_tests_own_tensors(student, name):
    mine = torch.tensor([1.0, -2.0], requires_grad=True)
    theirs = mine.detach().clone().requires_grad_()
    opt, reference = (
        student.name(name)([theirs], lr=0.1),
        torch.optim.SGD([mine], lr=0.1, momentum=0.9 * (name != "SGD")),
    )
    for _ in range(4):
        for param, optimiser in ((theirs, opt), (mine, reference)):
            (param**2).sum().backward()
            optimiser.step()
            optimiser.zero_grad()
    checks.close(theirs, mine)


def test_an_optimiser_of_the_library_moves_the_students_model(student):
    block = student.name("Block")(3).eval()
    params = list(block.parameters())
    opt = torch.optim.SGD(params, lr=0.1)
    x, y = torch.randn(8, 3), torch.randn(8, 2)
    losses = []
    for _ in range(5):
        loss = F.mse_loss(block(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0]


def test_a_training_loop_of_the_student_on_tensors_of_the_test(student):
    w, b = student.name("init_params")(2)
    x = torch.randn(40, 2)
    y = x @ torch.tensor([[2.0], [-1.0]]) + 0.5
    batches = [(x[i : i + 10], y[i : i + 10]) for i in range(0, 40, 10)]
    for _ in range(30):
        loss = student.name("train_epoch")([w, b], batches, 0.1)
    assert loss < 1e-3
    checks.close(w, torch.tensor([[2.0], [-1.0]]), atol=0.05)


def test_a_training_loop_that_takes_model_and_optimiser(student):
    model = student.name("Block")(2)
    opt = student.name("Momentum")(model.parameters(), lr=0.05)
    x = torch.randn(20, 2)
    losses = student.name("fit")(model.eval(), opt, x, x.flip(1), 30)
    assert len(losses) == 30
    assert losses[-1] < losses[0]
    assert opt.param_groups[0]["lr"] == 0.05


def test_a_model_of_the_test_is_shared_with_a_training_loop(student):
    model = nn.Linear(2, 1)
    student.share(model, "__call__", "parameters")
    opt = student.name("SGD")(model.parameters(), 0.1)
    x = torch.randn(20, 2)
    losses = student.name("fit")(model, opt, x, x.sum(1, keepdim=True), 60)
    assert losses[-1] < 0.01
    checks.close(model.weight, torch.ones(1, 2), atol=0.1)


def test_datasets_and_loaders(student):
    x, y = torch.arange(10.0).reshape(5, 2), torch.arange(5)
    dataset = student.name("Pairs")(x, y)
    assert len(dataset) == 5
    checks.equal(dataset[3], (x[3], y[3]))
    for loader in (student.name("Loader")(dataset, 2), student.name("make_loader")(x, y)):
        batches = list(loader)
        assert [len(xb) for xb, _ in batches] == [2, 2, 1]
        checks.close(torch.cat([xb for xb, _ in batches]), x)
    assert len(student.name("make_loader")(x, y)) == 3


def test_named_results_keep_their_names(student):
    transition = student.name("record")(np.zeros(2))[0]
    assert (transition.action, transition.reward) == (1, 0.5)
    top = student.name("topk")(torch.tensor([[1.0, 3.0]]))
    assert (top.values.item(), top.indices.item()) == (3, 1)


ENVIRONMENT = """
import gymnasium as gym, numpy as np
class Walk(gym.Env):
    observation_space, action_space = gym.spaces.Discrete(5), gym.spaces.Discrete(2)
    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.at = 2
        return self.at, {}
    def step(self, action):
        self.at += 1 if action else -1
        return self.at, float(self.at == 4), self.at in (0, 4), False, {"p": 1.0}
def q_learning(env, episodes, rng, q):
    for _ in range(episodes):
        s, _ = env.reset()
        done = False
        while not done:
            a = int(rng.integers(2)) if rng.random() < 0.3 else int(q[s].argmax())
            t, r, done, _, _ = env.step(a)
            q[s, a] += 0.5 * (r + 0.9 * q[t].max() * (not done) - q[s, a])
            s = t
"""


def test_an_environment_of_the_student():
    with examinee(ENVIRONMENT) as student:
        env = student.name("Walk")()
        assert env.reset(seed=1) == (2, {})
        assert env.step(1) == (3, 0.0, False, False, {"p": 1.0})
        assert env.step(1)[1:3] == (1.0, True)
        assert env.observation_space.n == 5
        assert env.observation_space.contains(3) is True
        here: dict = {}
        exec(ENVIRONMENT, here)
        q, expected, rng, same = np.zeros((5, 2)), np.zeros((5, 2)), np.random.default_rng(0), np.random.default_rng(0)
        student.name("q_learning")(env, 40, rng, q)
        here["q_learning"](here["Walk"](), 40, same, expected)
        assert np.array_equal(q, expected)
        assert rng.random() == same.random()


def test_an_environment_of_the_test_is_shared():
    class Probe:
        def __init__(self):
            self.calls = 0

        def reset(self):
            return 0, {}

        def step(self, action):
            self.calls += 1
            return 1, float(action), True, False, {}

    with examinee(ENVIRONMENT) as student:
        env, q = student.share(Probe(), "reset", "step"), np.zeros((2, 2))
        student.name("q_learning")(env, 50, np.random.default_rng(0), q)
        assert env.calls == 50
        checks.close(q[0], [0, 1], atol=0.01)


PLOT = """
import matplotlib
matplotlib.use("Agg")
from matplotlib.figure import Figure
def plot(xs, ys):
    ax = Figure().subplots()
    ax.plot(xs, ys, label="loss")
    ax.set(xlabel="epoch", title="Loss")
    ax.legend()
    return ax
def grid(): return Figure().subplots(2, 2)
"""


def test_axes_are_read():
    with examinee(PLOT, call_s=60) as student:
        ax = student.name("plot")([0, 1, 2], np.array([3.0, 2.0, 1.0]))
        assert (ax.get_xlabel(), ax.get_title()) == ("epoch", "Loss")
        (line,) = ax.lines
        checks.close(line.get_ydata(), [3.0, 2.0, 1.0])
        assert [text.get_text() for text in ax.get_legend().get_texts()] == ["loss"]
        assert student.name("grid")()[1, 1].get_title() == ""


NUMPY = """
import numpy as np
def discounted(rewards, gamma):
    out = np.zeros(len(rewards))
    for i in reversed(range(len(rewards))): out[i] = rewards[i] + gamma * (out[i + 1] if i + 1 < len(out) else 0)
    return out
def bellman(P, R, V, gamma): return (P @ V * gamma + R).max(axis=0)
def count():
    n = 0
    while True:
        yield n
        n += 1
def numeric_gradient(f, x, eps=1e-4):
    return np.array([(f(x + eps * e) - f(x - eps * e)) / (2 * eps) for e in np.eye(len(x))])
"""


def test_numpy_code_and_generators():
    with examinee(NUMPY) as student:
        checks.close(student.name("discounted")(np.ones(3), 0.5), np.array([1.75, 1.5, 1.0]))
        P = np.random.default_rng(0).random((2, 3, 3))
        V, R = np.arange(3.0), np.ones((2, 3))
        checks.close(student.name("bellman")(P, R, V, 0.9), (P @ V * 0.9 + R).max(0))
        numbers = student.name("count")()
        assert [next(numbers) for _ in range(3)] == [0, 1, 2]
        checks.close(
            student.name("numeric_gradient")(lambda x: float((x**3).sum()), np.array([1.0, 2.0])), [3, 12], atol=1e-3
        )


def test_checks_work_on_what_crosses():
    with examinee(
        "def norm(x, p): return x.abs().pow(p).sum(-1).pow(1 / p)\nclass C: pass\nc = C()\ndef bad(x): raise ValueError"
    ) as student:
        norm = student.name("norm")
        checks.close(norm(torch.tensor([3.0, 4.0]), 2), 5.0)
        checks.gradient(lambda x: norm(x, 2), torch.tensor([3.0, 4.0]), torch.tensor([0.6, 0.8]))
        checks.raises(ValueError, student.name("bad"), 1)
        with pytest.raises(checks.CheckFailed, match="type C"):
            checks.close(student.name("c"), 5.0)
        with pytest.raises(checks.CheckFailed, match="type C"):
            checks.equal(student.name("c"), 5)
