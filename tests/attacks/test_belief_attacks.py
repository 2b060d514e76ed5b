"""Attacks on what a test believes: answers that solve nothing, each against a test of the kind that believed them.

All are handed in together, as one notebook; none may earn a point. The right answers to the same tests keep theirs.
"""

from dataclasses import dataclass

import pytest

from course.grading.verdict.model import SubmissionVerdict
from tests.grading.exam_fixture import Room, scores
from tests.grading.notebooks import answer, code, graded, locked, notebook

SETUP = (
    "import copy, math, random, statistics\nimport numpy as np\nimport torch\nfrom torch import nn\n"
    "import torch.nn.functional as F\nfrom course import checks\nTOLERANCE = 1e-6\nCASES = [(1, 3), (2, 6)]\n"
    "def near(a, b, most=TOLERANCE):\n    return abs(a - b) < most\n"
    "class Judge:\n    def right(self, a, b): return a == b"
)
DRAWN_ANEW = """
ROWS = np.random.rand(200, 2)
LABELS = (ROWS.sum(1) > 1) * 1
order = np.random.permutation(200)
TOL = ROWS.max() * 1e-6
def accuracy(predict):
    return sum(predict(row) == label for row, label in zip(ROWS, LABELS)) / len(LABELS)
def within(a, b, most=TOL):
    return abs(a - b) < 1e-6 + most
class Scales:
    level = TOL
    def right(self, a, b): return abs(a - b) < 1e-6 + self.level
def close(a, b):
    return abs(a - b) < 1e-6 + TOL
def scaled(x): return x * ROWS.mean() / ROWS.mean()
rnd = random.Random()
source = np.random.default_rng()
weights = source.normal(size=2)
net = nn.Linear(2, 1)
scales = Scales()
"""
DEMO = "np.random.shuffle(np.arange(3))\nnn.init.kaiming_normal_(torch.empty(2, 2))\nF.dropout(torch.ones(2))\nx = 1"
LATER = {"LATER": "LATER = np.random.rand(5) + 1", "LATEST": "LATEST = source.normal(size=5)"}  # below the answer to it
RIGHT = "def f(x): return 3 * x"
SPOIL = "def f(x):\n    {}\n    return x * 0"
DRAWN = 'checks.begin("t", points=1)\nrng = checks.rng()\nwith checks.check("a"):\n    '
DERIVED = DRAWN + "x = {}\n    checks.close(f(x), 3 * x)\nchecks.score()"
JUDGED = DRAWN + "x, ok = {}, []\n    f(x, lambda v: ok.append(v == {}))\n    checks.equal(ok, [True])\nchecks.score()"
VECTOR = DERIVED.format("rng.tensor(5) + 2")
FAKE = "class A:\n    def __getattr__(s, n): return lambda *a, **k: {}\nf = lambda x: A()"
BOOLS = "(f(1) == 3) + (f(2) == 6)"
ORACLE = "def t(x): {}\ntry:\n    out = f(t)\nexcept Exception:\n    out = None\nassert out == 31415"
ASKING = "import traceback\ndef f(t):\n    try: t(None)\n    except BaseException as e: s = str(e) + repr(e.args) + traceback.format_exc()\n    return 31415 if '31415' in s else 0"


@dataclass(frozen=True)
class Attempt:
    """An exercise by its test and its right answer, and an answer that is wrong."""

    test: str
    wrong: str
    right: str = RIGHT
    points: int = 1


ATTEMPTS = {
    # The examiner's own modules are not the student's.
    "numpy's comparison replaced after a shuffle": Attempt("np.testing.assert_allclose(f(2.0), 6.0)", "np.testing.assert_allclose = lambda *a, **k: None\ndef f(x): return 0.0"),
    "torch's comparison replaced": Attempt("assert torch.allclose(f(torch.ones(2)), 3 * torch.ones(2))", "torch.allclose = lambda *a, **k: True\ndef f(x): return x"),
    "a layer of the library replaced by an own one": Attempt(
        "a, b = f(2), nn.Linear(2, 2)\nassert a.weight.shape == b.weight.shape and a.bias is not None",
        "class M:\n    weight = np.zeros((9, 9)); bias = 1\nnn.Linear = lambda *a: M()\ndef f(n): return M()",
        "def f(n): return nn.Linear(n, n)",
    ),
    "a function of F replaced": Attempt("y = F.relu(torch.tensor([-1.0, 2.0]))\nassert (f(y) == 3 * y).all() and y[0] == 0", "F.relu = lambda x: torch.zeros(2)\ndef f(x): return torch.ones(2)"),
    # The last value.
    "an array for a number": Attempt(BOOLS, "def f(x): return np.array([x])", points=2),
    "an array of two for a number": Attempt(BOOLS, "def f(x): return np.array([x, x])", points=2),
    "an empty tensor for a number": Attempt(BOOLS, "def f(x): return torch.zeros(0)", points=2),
    "a tensor of two for a number": Attempt(BOOLS, "def f(x): return torch.tensor([x, x])", points=2),
    "an array of numbers without axes": Attempt(BOOLS, "def f(x): return np.array(x)", points=2),
    "a truth of numpy": Attempt("np.bool_(f(1) == 3)", "def f(x): return np.int64(4)"),
    "a complex score": Attempt("f(1) - 2", "def f(x): return 7 + 1j", "def f(x): return 3"),
    "a masked score": Attempt("f(np.ones(1)) - 2", "def f(x): return np.ma.MaskedArray([9.0], mask=[True])"),
    # References that answer for themselves.
    "equal asked of the object": Attempt("assert f(torch.ones(2)).equal(3 * torch.ones(2))", FAKE.format(True)),
    "eq asked of the object": Attempt("assert f(torch.ones(2)).eq(3 * torch.ones(2)).all()", FAKE.format("A()")),
    "allclose asked of the object": Attempt("assert f(torch.ones(2)).allclose(3 * torch.ones(2))", FAKE.format(True)),
    "a difference asked of the object": Attempt("assert f(torch.ones(2)).sub(3).abs().max() < 1e-6", FAKE.format("A() if a else 0.0")),
    "isclose asked of the object": Attempt("assert f(torch.ones(2)).isclose(torch.tensor(3.0)).all()", FAKE.format("A()")),
    "equals asked of the object": Attempt("assert f(np.ones(2)).__eq__(3).all()", FAKE.format("A()")),
    "all asked of the object": Attempt("assert f(np.ones(2)).all()", FAKE.format(True)),
    # Inputs overwritten.
    "a derived input set to zero": Attempt(VECTOR, SPOIL.format("x.zero_()")),
    "through data": Attempt(VECTOR, SPOIL.format("x.data.fill_(0)")),
    "through numpy": Attempt(VECTOR, SPOIL.format("x.numpy()[:] = 0")),
    "through a view": Attempt(VECTOR, SPOIL.format("x.view(-1)[:] = 0")),
    "through another memory": Attempt(VECTOR, SPOIL.format("x.data = torch.zeros(5)")),
    "through out": Attempt(VECTOR, SPOIL.format("torch.mul(x, 0, out=x)")),
    "after asking for a gradient": Attempt(VECTOR, SPOIL.format("x.requires_grad_(); x.data.zero_()")),
    "by a thread that has ended": Attempt(VECTOR, "import threading\n" + SPOIL.format("t = threading.Thread(target=x.zero_); t.start(); t.join()")),
    "a view of what was drawn": Attempt(DERIVED.format("rng.tensor(2, 3).T"), SPOIL.format("x.zero_()")),
    "an array made of what was drawn": Attempt(DERIVED.format("rng.tensor(5).numpy() + 2"), SPOIL.format("x[:] = 0")),
    "a list made of what was drawn": Attempt(
        DRAWN + "x = rng.tensor(5).tolist()\n    checks.close(f(x), sum(x))\nchecks.score()",
        "def f(x):\n    x.clear()\n    return 0.0", "def f(x): return sum(x)",
    ),
    "one check gives up for the next": Attempt(
        'checks.begin("t", points=2)\nx = checks.rng().tensor(5) + 2\nwith checks.check("a"):\n    f(x); checks.close(f(x), 3 * x)\n'
        'with checks.check("b"):\n    checks.close(f(x), 3 * x)\nchecks.score()',
        "n = []\ndef f(x):\n    n.append(1)\n    if len(n) == 1: x.zero_()\n    return x * 0", points=2,
    ),
    # Inputs changed when a function of the test's judges, before the call ends.
    "a list changed before the test's function judges": Attempt(JUDGED.format("[rng.integer(5, 90)]", "x[0]"), "def f(x, judge):\n    x[0] = 0\n    judge(0)", "def f(x, judge): judge(x[0])"),
    "a dict emptied before it judges": Attempt(JUDGED.format("{'a': rng.integer(5, 90)}", "sum(x.values())"), "def f(x, judge):\n    x.clear()\n    judge(0)", "def f(x, judge): judge(x['a'])"),
    "a set emptied before it judges": Attempt(JUDGED.format("{rng.integer(5, 90)}", "sum(x)"), "def f(x, judge):\n    x.clear()\n    judge(0)", "def f(x, judge): judge(min(x))"),
    "a list within a list emptied before it judges": Attempt(JUDGED.format("[[rng.integer(5, 90)]]", "sum(sum(x, []))"), "def f(x, judge):\n    x[0].clear()\n    judge(0)", "def f(x, judge): judge(x[0][0])"),
    "a list emptied on the way, honestly": Attempt(
        DRAWN + "x, seen = [1, rng.integer(5, 90)], []\n    want = x[::-1]\n    f(x, seen.append)\n    checks.equal(seen, want)\nchecks.score()",
        "def f(x, see): see(x[0])", "def f(x, see):\n    while x: see(x.pop())",
    ),
    "a list handed back as it is now, honestly": Attempt(
        DRAWN + "x, seen = [rng.integer(5, 90)], []\n    want = x[0] + 1\n    f(x, lambda now: seen.append(now[0]))\n    checks.equal(seen, [want])\nchecks.score()",
        "def f(x, see): see(x)", "def f(x, see):\n    x[0] += 1\n    see(x)",
    ),
    # What errors tell.
    "the line of a failed assert": Attempt(ORACLE.format("assert x == 31415"), ASKING, "def f(t):\n    t(31415)\n    return 31415"),
    "the message of a key": Attempt(ORACLE.format("raise KeyError(31415)"), ASKING, "def f(t): return 31415"),
    "the name of a class": Attempt(ORACLE.format("raise type('E31415', (Exception,), {})"), ASKING, "def f(t): return 31415"),
    "the cause of an error": Attempt(ORACLE.format("raise ValueError(x) from ValueError(31415)"), ASKING, "def f(t): return 31415"),
    "a local of the frame above": Attempt(
        ORACLE.format("y = 31415; raise ValueError"),
        "import sys\ndef f(t):\n    try: t(1)\n    except BaseException as e: s = repr([(b.tb_frame.f_locals if b else 0) for b in (e.__traceback__, e.__traceback__.tb_next)])\n    return 31415 if '31415' in s else 0",
        "def f(t): return 31415",
    ),
    "the name of a function": Attempt("def plus_31415(v): return v + 31415\nassert f(plus_31415) == 31515", "import re\ndef f(t): return 100 + int((re.findall(r'\\d+', t.__name__) or [0])[0])", "def f(t): return t(100)"),
    # What the course's own cells gave the test.
    "a tolerance bound anew": Attempt("assert abs(f(2) - 6) < TOLERANCE", "TOLERANCE = 1e9\ndef f(x): return 0"),
    "a tolerance written into the globals": Attempt("assert abs(f(2) - 6) < TOLERANCE", "globals()['TOLERANCE'] = 1e9\ndef f(x): return 0"),
    "a tolerance bound anew by a call": Attempt("assert abs(f(2) - 6) < TOLERANCE", "def f(x):\n    global TOLERANCE\n    TOLERANCE = 1e9\n    return 0"),
    "a helper bound anew": Attempt("assert near(f(2), 6)", "near = lambda *a: True\ndef f(x): return 0"),
    "a helper's code replaced": Attempt("assert near(f(2), 6)", "near.__code__ = (lambda a, b, most=1: True).__code__\ndef f(x): return 0"),
    "a helper's default replaced": Attempt("assert near(f(2), 6)", "near.__defaults__ = (1e9,)\ndef f(x): return 0"),
    "a judge's method replaced": Attempt("assert Judge().right(f(2), 6)", "Judge.right = lambda *a: True\ndef f(x): return 0"),
    "a list of cases emptied": Attempt("for x, y in CASES:\n    assert f(x) == y", "CASES.clear()\ndef f(x): return 0"),
    "a list of cases rewritten by a call": Attempt("for x, y in CASES:\n    assert f(x) == y", "def f(x):\n    CASES[:] = [(1, 0), (2, 0)]\n    return 0"),
    "a module put in another's place": Attempt("import statistics\nassert statistics.mean([f(1), f(1)]) == 3", "import sys, types\nsys.modules['statistics'] = types.SimpleNamespace(mean=lambda x: 3)\nstatistics = sys.modules['statistics']\ndef f(x): return 0"),
    "the import itself replaced": Attempt("import math\nassert math.isclose(f(2.0), 6.0)", "import builtins\nreal = builtins.__import__\nbuiltins.__import__ = lambda name, *a: None if name == 'math' else real(name, *a)\nmath.isclose = lambda *a, **k: True\ndef f(x): return 0.0"),
    "chance replaced": Attempt("x = random.randrange(10**6, 10**9)\nassert f(x) == 3 * x", "random.randrange = lambda *a: 0\nrandom.seed = lambda *a: None\ndef f(x): return 0"),
    "copies that are none": Attempt("assert copy.deepcopy([f(2)]) == [6]", "copy.deepcopy = lambda x: [6]\ndef f(x): return 0"),
    # The same, where the course has drawn it without a seed and the answers read the same draw.
    "a drawn helper bound anew": Attempt("assert accuracy(f()) > 0.95", "accuracy = lambda p: 0.99\ndef f(): return 0", "def f():\n    best = ROWS.sum(1)[LABELS == 0].max()\n    return lambda row: int(row.sum() > best)"),
    "drawn data bound anew": Attempt("assert accuracy(f()) > 0.95", "ROWS = np.zeros((1, 2)); LABELS = np.zeros(1)\ndef f(): return lambda row: 0", "def f():\n    best = ROWS.sum(1)[LABELS == 0].max()\n    return lambda row: int(row.sum() > best)"),
    "drawn data overwritten": Attempt("assert abs(f() - ROWS.sum()) < 1e-6", "ROWS[:] = 0\ndef f(): return 0.0", "def f(): return ROWS.sum()"),
    "drawn data overwritten by a call": Attempt("assert abs(f() - LABELS.sum()) < 1e-6", "def f():\n    LABELS[:] = 0\n    return 0.0", "def f(): return float(LABELS.sum())"),
    "a default drawn": Attempt("assert within(f(2), 6)", "def within(*a): return True\ndef f(x): return 0.0", "def f(x): return ROWS.sum() * 0 + 3.0 * x"),
    "a class's member drawn": Attempt("assert Scales().right(f(2), 6)", "class Scales:\n    def right(s, *a): return True\ndef f(x): return 0", "def f(x): return ROWS.sum() * 0 + 3.0 * x"),
    "an object with a drawn member": Attempt("assert scales.right(f(2), 6)", "class S:\n    def right(s, *a): return True\nscales = S()\ndef f(x): return 0", "def f(x): return ROWS.sum() * 0 + 3.0 * x"),
    "a helper that reads what is drawn": Attempt("assert close(f(2), 6)", "def close(*a): return True\ndef f(x): return 0", "def f(x): return ROWS.sum() * 0 + 3.0 * x"),
    "a drawn helper's code replaced": Attempt("assert close(f(2), 6)", "close.__code__ = (lambda a, b: True).__code__\ndef f(x): return 0", "def f(x): return ROWS.sum() * 0 + 3.0 * x"),
    "a drawn helper's globals written": Attempt("assert close(f(2), 6)", "def f(x):\n    close.__globals__['TOL'] = 1e9\n    return 0", "def f(x): return TOL * 0 + 3.0 * x"),
    "a helper that the answer uses": Attempt("assert abs(scaled(f(2)) - 6) < 1e-9", "scaled = lambda x: 6\ndef f(x): return 0", "def f(x): return scaled(3 * x)"),
    "a tolerance drawn": Attempt("assert abs(f(2) - 6) < 1e-6 + TOL", "TOL = 1e9\ndef f(x): return 0", "def f(x): return ROWS.sum() * 0 + 3.0 * x"),
    "a generator of the course's replaced": Attempt("k = rnd.randrange(10**6, 10**9)\nassert f(k) == 3 * k", "class R:\n    randrange = lambda s, *a: 0\nrnd = R()\ndef f(x): return 0", "def f(x):\n    rnd.random()\n    return 3 * x"),
    "a drawn order emptied": Attempt("assert all(f(ROWS[i]) == LABELS[i] for i in order)", "order = []\ndef f(row): return 0", "def f(row): return int(row.sum() > 1 + 0 * order[0])"),
    "drawn weights bound anew": Attempt("assert abs(f(weights) - weights @ weights) < 1e-6", "weights = np.zeros(2)\ndef f(w): return 0.0", "def f(w): return float(weights @ w)"),
    "a drawn module replaced": Attempt("assert torch.allclose(f(torch.ones(2)), net(torch.ones(2)))", "net = lambda x: torch.zeros(1)\ndef f(x): return torch.zeros(1)", "def f(x): return net(x).detach()"),
    "a drawn module's weights set to zero": Attempt("assert torch.allclose(f(torch.ones(2)), net(torch.ones(2)))", "with torch.no_grad(): [p.zero_() for p in net.parameters()]\ndef f(x): return torch.zeros(1)", "def f(x): return net(x).detach()"),
    "what draws replaced before the course draws again": Attempt(
        "assert abs(f() - LATER.sum()) < 1e-6",
        "np.random.rand = lambda *a: np.zeros(a)\nnp.random.set_state = np.random.seed = random.setstate = lambda *a: None\ndef f(): return 0.0", "def f(): return LATER.sum()",
    ),
    "the generator of a later draw replaced": Attempt("assert abs(f() - LATEST.sum()) < 1e-6", "class R:\n    normal = lambda s, size: np.zeros(size)\nrng = R()\ndef f(): return 0.0", "def f(): return float(LATEST.sum())"),
    # Objects that claim to be what was asked for.
    "an object that holds everything": Attempt("assert 6 in f(2)", "class A:\n    def __contains__(s, o): return True\ndef f(x): return A()", "def f(x): return [3 * x]"),
    "a text that begins as asked": Attempt("assert f('b').startswith('3b')", FAKE.format(True), "def f(x): return '3' + x"),
    "a text that ends as asked": Attempt("assert f('b').endswith('b3')", FAKE.format(True), "def f(x): return x + '3'"),
    "a set that lies within any other": Attempt("assert f(2).issubset({6})", FAKE.format(True), "def f(x): return {3 * x}"),
    "a set that holds any other": Attempt("assert f(2).issuperset({6})", FAKE.format(True), "def f(x): return {3 * x}"),
    "a set that meets no other": Attempt("assert f(2).isdisjoint({1})", FAKE.format(True), "def f(x): return {3 * x}"),
    "a text of digits": Attempt("assert f(2).isdigit()", FAKE.format(True), "def f(x): return str(3 * x)"),
    "a list that counts as asked": Attempt("assert f(2).count(6) == 1", FAKE.format("1"), "def f(x): return [3 * x]"),
    "a sum asked of the object": Attempt("x = torch.ones(2)\nassert f(x).add(-3 * x).norm() < 1e-6", FAKE.format("A() if a else 0.0")),
    "a sum that scales": Attempt("x = torch.ones(2)\nassert f(x).add(x, alpha=-3).square().sum().item() < 1e-6", FAKE.format("A() if n != 'item' else 0.0")),
    "bits asked of the object": Attempt("assert f(torch.tensor(1)).bitwise_xor(torch.tensor(3)).sum() == 0", FAKE.format("A() if a else 0")),
    "a product and a sum at once": Attempt("x = torch.ones(2)\nassert f(x).addcmul(x, x, value=-3).norm() == 0", FAKE.format("A() if a else 0.0")),
    "a sum by numpy": Attempt("assert np.sum(f(np.ones(2))) == 6", FAKE.format("6"), RIGHT),
    "a text without what is asked": Attempt("assert f(2).replace('6', '') == ''", FAKE.format("''"), "def f(x): return str(3 * x)"),
    "a text of nothing else": Attempt("assert f(2).strip('6') == ''", FAKE.format("''"), "def f(x): return str(3 * x)"),
    "a dict that has any key": Attempt("assert f(2).get(6)", FAKE.format("True"), "def f(x): return {3 * x: 1}"),
    "a dict that has no key": Attempt("assert f(2).get('a', 7) == 7", FAKE.format("a[1]"), "def f(x): return {3 * x: 1}"),
    "a dict that gives any key up": Attempt("assert f(2).pop(6) == 1", FAKE.format("1"), "def f(x): return {3 * x: 1}"),
    "a list that gives any item up": Attempt("y = f(2)\ny.remove(6)\nassert len(y) == 0", FAKE.format("1") + "\nA.__len__ = lambda s: 0", "def f(x): return [3 * x]"),
    "a list shorter than its length": Attempt(
        "y = f(3)\nassert len(y) == 3 and all(a == b for a, b in zip(y, [1, 2, 3]))",
        "class A:\n    def __len__(s): return 3\n    def __iter__(s): return iter(())\nf = lambda x: A()",
        "def f(x): return [*range(1, x + 1)]",
    ),
    "a list that is another each time": Attempt(
        "y = f([3, 1, 2])\nassert sorted(y) == [1, 2, 3]\nassert all(a <= b for a, b in zip(y, y[1:]))",
        "class A(list):\n    seen = 0\n    def own(s): pass\n    def __iter__(s):\n        A.seen += 1\n        return iter([3, 1, 2][3 * (A.seen > 1):])\n    def __getitem__(s, i): return []\nf = lambda x: A()",
        "def f(x): return sorted(x)",
    ),
    "items that rise however they are read": Attempt(
        "y = f([3, 1, 2])\nassert sorted(y) == [1, 2, 3]\nassert all(y[i] <= y[i + 1] for i in range(2))",
        "class A(list):\n    seen = 0\n    def own(s): pass\n    def __getitem__(s, i):\n        A.seen += 1\n        return A.seen\nf = lambda x: A(x)",
        "def f(x): return sorted(x)",
    ),
    "a factor that is another each time": Attempt(
        "m = torch.tensor([[1.0, 2.0], [3.0, 4.0]])\ny = f(m)\nassert torch.allclose(y.q.T @ y.q, torch.eye(2), atol=1e-5)\nassert torch.allclose(y.q @ y.r, m, atol=1e-5)",
        "class A:\n    def __init__(s, m): s.m, s.seen, s.r = m, 0, torch.eye(2)\n    @property\n    def q(s):\n        s.seen += 1\n        return torch.eye(2) if s.seen < 3 else s.m\nf = lambda m: A(m.clone())",
        "import types\ndef f(m):\n    q, r = torch.linalg.qr(m)\n    return types.SimpleNamespace(q=q, r=r)",
    ),
    "a factor that changes as the other is read": Attempt(
        "m = torch.tensor([[1.0, 2.0], [3.0, 4.0]])\ny = f(m)\nq = y.q\nassert torch.allclose(q.T @ q, torch.eye(2), atol=1e-5)\nassert torch.allclose(q @ y.r, m, atol=1e-5)",
        "class A:\n    def __init__(s, m): s.m, s.q = m, torch.eye(2)\n    @property\n    def r(s):\n        s.q.copy_(s.m)\n        return torch.eye(2)\nf = lambda m: A(m.clone())",
        "import types\ndef f(m):\n    q, r = torch.linalg.qr(m)\n    return types.SimpleNamespace(q=q, r=r)",
    ),
    "parts that are other objects each time": Attempt(
        "y = f(6)\nassert y.pair.low * y.pair.high == 6 and y.pair.low + y.pair.high == 5",
        "class P:\n    def __init__(s, low, high): s.low, s.high = low, high\nclass A:\n    seen = 0\n    @property\n    def pair(s):\n        A.seen += 1\n        return P(6, 1) if A.seen < 3 else P(5, 0)\nf = lambda x: A()",
        "import types\ndef f(x): return types.SimpleNamespace(pair=types.SimpleNamespace(low=2, high=3))",
    ),
    "a number that is another each time": Attempt(
        "y = f(91)\nassert 1 < int(y) < 91\nassert 91 % int(y) == 0",
        "class A:\n    seen = 0\n    def __int__(s):\n        A.seen += 1\n        return 50 if A.seen == 1 else 1\nf = lambda x: A()",
        "def f(x): return 7",
    ),
    "a text that is another each time": Attempt(
        "y = f('abc')\nassert str(y) != 'abc'\nassert sorted(str(y)) == list('abc') and str(y)[0] == 'c'",
        "class A:\n    seen = 0\n    def __str__(s):\n        A.seen += 1\n        return ['x', 'abc', 'c'][min(A.seen - 1, 2)]\nf = lambda x: A()",
        "def f(x): return x[::-1]",
    ),
    "a class that says it is a number": Attempt("y = f(2)\nassert isinstance(y, int) and y == 6", "class A:\n    __class__ = int\n    def __eq__(s, o): return True\ndef f(x): return A()"),
    "an error that passes for every other": Attempt("try:\n    f(0)\nexcept ZeroDivisionError:\n    1\nelse:\n    assert False", "class M(type):\n    def __instancecheck__(c, o): return True\n    def __subclasscheck__(c, o): return True\nclass E(Exception, metaclass=M): pass\ndef f(x): raise E", "def f(x): return 3 / x"),
    # More that is not a number at the end.
    "a masked value for a number": Attempt(BOOLS, "def f(x): return np.ma.masked", points=2),
    "a matrix for a number": Attempt(BOOLS, "def f(x): return np.matrix([[x, x]])", points=2),
    "a symbol for a number": Attempt(BOOLS, "import sympy\ndef f(x): return sympy.Symbol('x')", points=2),
    # Inputs of other kinds overwritten.
    "a dict emptied": Attempt(DRAWN + "x = {'a': rng.integer(5, 90)}\n    checks.equal(f(x), sum(x.values()))\nchecks.score()", "def f(x):\n    x.clear()\n    return 0", "def f(x): return sum(x.values())"),
    "a set emptied": Attempt(DRAWN + "x = {rng.integer(5, 90)}\n    checks.equal(f(x), sum(x))\nchecks.score()", "def f(x):\n    x.clear()\n    return 0", "def f(x): return sum(x)"),
    "a bytearray emptied": Attempt(DRAWN + "x = bytearray([rng.integer(5, 90)])\n    checks.equal(f(x), sum(x))\nchecks.score()", "def f(x):\n    x.clear()\n    return 0", "def f(x): return sum(x)"),
    "a list within a list changed": Attempt(DRAWN + "x = [[rng.integer(5, 90)], [1]]\n    checks.equal(f(x), sum(sum(x, [])))\nchecks.score()", "def f(x):\n    x[0].clear(); x[1].clear()\n    return 0", "def f(x): return sum(sum(x, []))"),
    "a tensor within a list changed": Attempt(DRAWN + "x = [rng.tensor(3) + 2]\n    checks.close(f(x), 3 * x[0])\nchecks.score()", "def f(x): return x[0].zero_() * 0", "def f(x): return 3 * x[0]"),
    "a tensor turned in place": Attempt(DERIVED.format("rng.tensor(2, 3) + 2"), SPOIL.format("x.t_().zero_()")),
    "a tensor made smaller": Attempt(DERIVED.format("rng.tensor(5) + 2"), "def f(x):\n    x.resize_(0)\n    return torch.zeros(0)"),
    "a tensor that is given other memory": Attempt(DERIVED.format("rng.tensor(5) + 2"), "def f(x):\n    x.set_(torch.zeros(5))\n    return torch.zeros(5)"),
    "an array given another shape and sorted": Attempt(DERIVED.format("rng.tensor(5).numpy() + 2"), SPOIL.format("x.shape = (5, 1); x[:] = 0")),
    "an input that a later call changes": Attempt(DRAWN + "x = rng.tensor(5) + 2\n    first = f(x)\n    f(x + 1)\n    checks.close(first, 3 * x)\nchecks.score()", "kept_of_f = []\ndef f(x):\n    kept_of_f.append(x)\n    if len(kept_of_f) > 1: kept_of_f[0].zero_()\n    return x * 0"),
}  # fmt: skip


@pytest.fixture(scope="module")
def graded_at_once(room: Room) -> tuple[SubmissionVerdict, SubmissionVerdict]:
    """The verdicts on all wrong answers and on all right ones; each exercise has a name of its own for its function."""
    cells = [locked("setup", SETUP), locked("drawn", DRAWN_ANEW), code(DEMO)]
    for number, attempt in enumerate(ATTEMPTS.values()):
        own = attempt.test.replace("f(", f"f{number}(")
        later = [code(text) for name, text in LATER.items() if name in attempt.test]
        cells += [
            answer(f"a{number}", _named(attempt.right, number)),
            *later,
            graded(f"a{number}_tests", own, points=attempt.points),
        ]
    source = notebook(*cells)
    answers = [
        {f"a{number}": _named(getattr(attempt, kind), number) for number, attempt in enumerate(ATTEMPTS.values())}
        for kind in ("wrong", "right")
    ]
    wrong, right = (room.grade_other(source, one, submission_s=240.0) for one in answers)
    return wrong, right


def _named(text: str, number: int) -> str:
    return text.replace("def f(", f"def f{number}(").replace("\nf = ", f"\nf{number} = ")


@pytest.mark.parametrize("name", ATTEMPTS)
def test_what_solves_nothing_is_not_believed(
    graded_at_once: tuple[SubmissionVerdict, SubmissionVerdict], name: str
) -> None:
    number = [*ATTEMPTS].index(name)
    wrong, right = (scores(verdict)[f"a{number}"] for verdict in graded_at_once)
    assert (wrong, right) == (0, ATTEMPTS[name].points)


HELPERS = {
    "a helper that calls the answer": (
        "def near(x, y): return abs({f}(x) - y) < 1e-9",
        "assert near(2, 6)",
        "near = lambda *a: True",
    ),
    "a lambda that calls the answer": (
        "near = lambda x, y: abs({f}(x) - y) < 1e-9",
        "assert near(2, 6)",
        "def near(*a): return True",
    ),
    "a helper of a helper": (
        "def low(x, y): return abs({f}(x) - y)\ndef near(x, y): return low(x, y) < 1e-9",
        "assert near(2, 6)",
        "low = lambda *a: 0",
    ),
    "a class that calls the answer": (
        "class Near:\n    def right(self, x, y): return {f}(x) == y",
        "assert Near().right(2, 6)",
        "class Near:\n    def right(s, *a): return True",
    ),
    "a method of a class that calls the answer": (
        "class Near:\n    def right(self, x, y): return {f}(x) == y",
        "assert Near().right(2, 6)",
        "Near.right = lambda *a: True",
    ),
    "a helper's code that calls the answer": (
        "def near(x, y): return abs({f}(x) - y) < 1e-9",
        "assert near(2, 6)",
        "near.__code__ = (lambda x, y: True).__code__",
    ),
    "a helper bound anew whenever a cell has run": (
        "def near(x, y): return abs({f}(x) - y) < 1e-9",
        "assert near(2, 6)",
        "get_ipython().events.register('post_run_cell', lambda *a: get_ipython().user_ns.update(near=lambda *a: True))",
    ),
}


@pytest.mark.parametrize("name", HELPERS)
def test_what_the_course_wrote_to_judge_an_answer_is_not_taken_from_the_student(room: Room, name: str) -> None:
    helper, test, trick = HELPERS[name]
    cells = [locked("setup", helper.format(f="f")), answer("a", "def f(x): return 3 * x"), graded("a_tests", test)]
    wrong, right = (
        scores(room.grade_other(notebook(*cells), {"a": text}))
        for text in (f"{trick}\ndef f(x): return 0", "def f(x): return 3 * x")
    )
    assert (wrong["a"], right["a"]) == (0, 1)
