"""Honest answers in unusual clothes keep their points on both upper isolation levels.

All are one notebook, graded once a level: what one of them does must not cost the others anything either.
"""

import re

import pytest

from course.grading.verdict.model import SubmissionVerdict
from tests.grading.exam_fixture import Room, cell
from tests.grading.notebooks import answer, graded, locked, notebook

SETUP = "import math\nimport numpy as np\nimport torch\nfrom torch import nn"
TWICE = "def F(x):\n    return 2 * x"
CALLED = "assert F(3) == 6"
Exercise = tuple[str, str]  # an answer and its test; F is a name of the exercise's own

ANSWERS: dict[str, Exercise] = {
    # what notebooks write besides Python
    "another working folder": ("import os\nos.makedirs('deep', exist_ok=True)\n%cd deep\n%cd ..\n" + TWICE, CALLED),
    "a bookmark": ("%bookmark here\n%cd -b here\n" + TWICE, CALLED),
    "a line that is timed": (TWICE + "\n%timeit -n 1 -r 1 F(3)", CALLED),
    "a cell that is timed": ("%%time\n" + TWICE, CALLED),
    "captured output": ("%%capture shown\nprint('hello')\n" + TWICE, CALLED),
    "a shell's line": ("!echo hello\nlisted = !ls\n" + TWICE, CALLED),
    "a package that is not there": ("!pip install -q no-such-package-of-anybodys\n" + TWICE, CALLED),
    "the same by magic": ("%pip install -q no-such-package-of-anybodys\n" + TWICE, CALLED),
    "modules that reload": ("%load_ext autoreload\n%autoreload 2\n" + TWICE, CALLED),
    "an environment variable": ("%env ANSWER=6\n" + TWICE, CALLED),
    "an inline backend": ("%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\n" + TWICE, CALLED),
    "a look at what there is": ("%who\n%whos\n%pwd\n%lsmagic\n" + TWICE, CALLED),
    "help": (TWICE + "\n?F\nhelp(F)", CALLED),
    "a module that the notebook writes": ("import pathlib\npathlib.Path('doubling.py').write_text('def twice(x): return 2 * x')\nfrom doubling import twice as F", CALLED),
    "a script that the notebook runs": ("import pathlib\npathlib.Path('run_me.py').write_text('def by_script(x): return 2 * x')\n%run run_me.py\nF = by_script", CALLED),
    "a profile": (TWICE + "\n%prun -q F(3)", CALLED),
    "a name that is stored": ("stored_by_F = 2\n%store stored_by_F\n%store\n" + TWICE, CALLED),
    "no output at all": ("import sys\nsys.stdout = None\nsys.stderr = None\n" + TWICE, CALLED),
    "output to a file that is closed": ("import sys\nsys.stdout = open('out.txt', 'w')\nprint('hello')\nsys.stdout.close()\n" + TWICE, CALLED),
    "an error in a captured cell": ("%%capture\n" + TWICE + "\n1 / 0", CALLED),
    "plain tracebacks": ("%xmode Plain\n%precision 3\n" + TWICE, CALLED),
    "an error that is shown and passed over": ("try:\n    1 / 0\nexcept ZeroDivisionError:\n    import traceback\n    traceback.print_exc()\n" + TWICE, CALLED),
    "awaiting at the top": ("import asyncio\nasync def later():\n    await asyncio.sleep(0)\n    return 2\nfactor_of_F = await later()\ndef F(x): return factor_of_F * x", CALLED),
    # how people write Python
    "a lambda": ("F = lambda x: x + x", CALLED),
    "a method bound to an object": ("F = (2).__mul__", CALLED),
    "a partial": ("import functools, operator\nF = functools.partial(operator.mul, 2)", CALLED),
    "a cache": ("import functools\n@functools.lru_cache(maxsize=None)\n" + TWICE, CALLED),
    "a decorator of one's own": ("import functools\ndef loud(g):\n    @functools.wraps(g)\n    def inner(*a, **k):\n        print('called')\n        return g(*a, **k)\n    return inner\n@loud\n" + TWICE, CALLED),
    "an object that is called": ("class Twice:\n    __slots__ = ('by',)\n    def __init__(self): self.by = 2\n    def __call__(self, x): return self.by * x\nF = Twice()", CALLED),
    "annotations from the future": ("from __future__ import annotations\ndef F(x: Number) -> Number:\n    return 2 * x", CALLED),
    "a match": ("def F(x):\n    match x:\n        case int() | float(): return 2 * x", CALLED),
    "a walrus": ("def F(x):\n    if (y := 2 * x): return y\n    return 0", CALLED),
    "letters of other alphabets": ("def удвоить(число):\n    π = 2\n    return π * число\nF = удвоить", CALLED),
    "a recursion deeper than usual": ("import sys\nsys.setrecursionlimit(20_000)\ndef F(n):\n    return 0 if n == 0 else 1 + F(n - 1)", "assert F(3000) == 3000"),
    "code made at run time": ("spaces = {}\nexec('def made(x): return 2 * x', spaces)\nF = spaces['made']", CALLED),
    "everything imported": ("from math import *\nfrom cmath import *\n" + TWICE, CALLED),
    "a counter in a global": ("calls_of_F = 0\ndef F(x):\n    global calls_of_F\n    calls_of_F += 1\n    return 2 * x", CALLED + "\n" + CALLED),
    "built-in names taken": ("sum = max = list = str = type = None\n" + TWICE + "\ndel sum, max, list, str, type", CALLED),
    "a generator": ("def F(n):\n    for i in range(n):\n        yield 2 * i", "assert list(F(3)) == [0, 2, 4]"),
    "a dataclass": ("from dataclasses import dataclass\n@dataclass\nclass F:\n    x: int\n    def twice(self): return 2 * self.x", "assert F(3).twice() == 6 and F(4).x == 4"),
    "a context of one's own": ("from contextlib import contextmanager\n@contextmanager\ndef F(x):\n    yield 2 * x", "with F(3) as y:\n    assert y == 6"),
    "a warning at each call": ("import warnings\nwarnings.simplefilter('always')\ndef F(x):\n    warnings.warn('twice again')\n    return 2 * x", CALLED),
    "a log": ("import logging\nlogging.basicConfig(level=logging.DEBUG)\ndef F(x):\n    logging.getLogger('twice').info('x = %s', x)\n    return 2 * x", CALLED),
    "words on the error stream": ("import sys\ndef F(x):\n    print('twice', file=sys.stderr)\n    sys.stdout.flush()\n    return 2 * x", CALLED),
    "a bar": ("from tqdm import tqdm\ndef F(x):\n    return sum(x for _ in tqdm(range(2)))", CALLED),
    # styles that whole notebooks are written in
    "hints that name nothing": ("def F(x: 'Nope | None') -> 'list[Undefined]':\n    return 2 * x", CALLED),
    "arguments by place and by name alone": ("def F(x, /, *, by=2):\n    return by * x", CALLED),
    "errors in groups": ("def F(x):\n    try:\n        raise ExceptionGroup('two', [ValueError(x), TypeError(x)])\n    except* ValueError as found:\n        one = found.exceptions[0].args[0]\n    except* TypeError:\n        pass\n    return 2 * one", CALLED),
    "a context for a decorator": ("from contextlib import contextmanager\n@contextmanager\ndef quietly_F():\n    yield\n@quietly_F()\n" + TWICE, CALLED),
    "a function for each kind": ("from functools import singledispatch\n@singledispatch\ndef F(x): raise TypeError\n@F.register\ndef _(x: int): return 2 * x", CALLED),
    "a property that is kept": ("from functools import cached_property\nclass HolderF:\n    @cached_property\n    def factor(self): return 2\nholder_of_F = HolderF()\ndef F(x): return holder_of_F.factor * x", CALLED),
    "a frozen dataclass in order": ("from dataclasses import dataclass, field\n@dataclass(frozen=True, slots=True, order=True)\nclass PartF:\n    x: int\n    more: list = field(default_factory=list, compare=False)\ndef F(x): return sum(part.x for part in sorted([PartF(x), PartF(x)]))", CALLED),
    "a tuple with names and hints": ("from typing import NamedTuple\nclass F(NamedTuple):\n    low: int\n    high: int = 6", "assert F(3).low * 2 == F(3).high and tuple(F(1)) == (1, 6)"),
    "numbers with names": ("from enum import IntEnum\nclass NumberF(IntEnum):\n    TWO = 2\ndef F(x): return NumberF.TWO * x", CALLED),
    "a protocol and overloads": ("from typing import Protocol, overload\nclass HasF(Protocol):\n    def __mul__(self, other: int) -> int: ...\n@overload\ndef F(x: int) -> int: ...\n@overload\ndef F(x: float) -> float: ...\ndef F(x): return x * 2", CALLED),
    "a loop of its own": ("import asyncio\ndef F(x):\n    async def later():\n        await asyncio.sleep(0)\n        return 2 * x\n    loop = asyncio.new_event_loop()\n    try:\n        return loop.run_until_complete(later())\n    finally:\n        loop.close()", CALLED),
    "a time limit of its own": ("import signal\ndef F(x):\n    def late(*_): raise TimeoutError\n    before = signal.signal(signal.SIGALRM, late)\n    signal.setitimer(signal.ITIMER_REAL, 20)\n    try:\n        return 2 * x\n    finally:\n        signal.setitimer(signal.ITIMER_REAL, 0)\n        signal.signal(signal.SIGALRM, before)", CALLED),
    "a word at the end": ("import atexit\natexit.register(print, 'good-bye')\n" + TWICE, CALLED),
    "a worker with a queue and a lock": ("import queue, threading\ndef F(x):\n    line, lock, found = queue.Queue(), threading.Lock(), []\n    def work():\n        while (one := line.get()) is not None:\n            with lock: found.append(one)\n    worker = threading.Thread(target=work, daemon=True)\n    worker.start()\n    for one in (x, x, None): line.put(one)\n    worker.join()\n    return sum(found)", CALLED),
    "numpy that raises": ("np.seterr(all='raise')\nwith np.errstate(divide='ignore'):\n    np.ones(1) / 0\nnp.seterr(all='warn')\n" + TWICE, CALLED),
    "a style for pictures": ("import matplotlib.pyplot as plt\nplt.style.use('ggplot')\nplt.rcParams |= {'figure.dpi': 200, 'axes.grid': True}\nplt.switch_backend('agg')\n" + TWICE, CALLED),
    "few digits and several threads": ("torch.set_printoptions(precision=2, sci_mode=False)\nnp.set_printoptions(precision=2)\ntorch.set_num_threads(2)\n" + TWICE, CALLED),
    "doubles for a while": ("torch.set_default_dtype(torch.float64)\nhalf_of_F = torch.tensor(0.5)\ntorch.set_default_dtype(torch.float32)\ndef F(x): return x / half_of_F.item()", CALLED),
    "the same sums each time": ("torch.use_deterministic_algorithms(True)\ntorch.backends.cudnn.benchmark = False\ntorch.use_deterministic_algorithms(False)\n" + TWICE, CALLED),
    "a look for anomalies": ("def F(x):\n    with torch.autograd.set_detect_anomaly(True):\n        y = torch.tensor(float(x), requires_grad=True)\n        (y ** 2).backward()\n    return y.grad.item()", CALLED),
    "a collector that is told what to do": ("import gc, tracemalloc\ngc.disable()\ngc.collect()\ngc.enable()\ntracemalloc.start()\ntracemalloc.stop()\n" + TWICE, CALLED),
    "output that goes elsewhere": ("import contextlib, io\ndef F(x):\n    with contextlib.redirect_stdout(io.StringIO()) as told, contextlib.suppress(KeyError):\n        print(2 * x, end='')\n    return int(told.getvalue())", CALLED),
    "a profile of each call": ("import cProfile\ndef F(x): return cProfile.Profile().runcall(lambda: 2 * x)", CALLED),
    "decimals of three digits": ("import decimal\ndef F(x):\n    with decimal.localcontext(prec=3): return int(decimal.Decimal(2) * x)", CALLED),
    "a name in torch's profile": ("F = torch.autograd.profiler.record_function('twice')(lambda x: 2 * x)", CALLED),
    "results kept by weak references": ("import weakref\nclass KeyF: pass\nkey_of_F, kept_by_F = KeyF(), weakref.WeakKeyDictionary()\ndef F(x):\n    kept_by_F[key_of_F] = 2 * x\n    return kept_by_F[key_of_F]", CALLED),
    # what it may need of the machine
    "threads": ("from concurrent.futures import ThreadPoolExecutor\ndef F(x):\n    with ThreadPoolExecutor(2) as pool:\n        return sum(pool.map(int, [x, x]))", CALLED),
    "a pool of processes": ("import multiprocessing\ndef F(x):\n    with multiprocessing.Pool(2) as pool:\n        return sum(pool.map(int, [x, x]))", CALLED),
    "its own cores": ("import os\nos.sched_setaffinity(0, os.sched_getaffinity(0))\n" + TWICE, CALLED),
    "memory that processes share": ("from multiprocessing import Process, shared_memory\ndef add(name, x):\n    block = shared_memory.SharedMemory(name)\n    block.buf[0] += x\n    block.close()\ndef F(x):\n    block = shared_memory.SharedMemory(create=True, size=8)\n    for _ in range(2):\n        one = Process(target=add, args=(block.name, x))\n        one.start()\n        one.join()\n    found = block.buf[0]\n    block.close()\n    block.unlink()\n    return found", CALLED),
    "a pool of another kind": ("import multiprocessing\ndef F(x):\n    with multiprocessing.get_context('forkserver').Pool(1) as pool:\n        return sum(pool.map(int, [x, x]))", CALLED),
    "a manager": ("from multiprocessing import Manager, Process\ndef add(found, x):\n    found.append(x)\ndef F(x):\n    with Manager() as manager:\n        found = manager.list()\n        for _ in range(2):\n            one = Process(target=add, args=(found, x))\n            one.start()\n            one.join()\n        return sum(found)", CALLED + "\n" + CALLED),
    "a listener and a client": ("import threading\nfrom multiprocessing.connection import Client, Listener\ndef F(x):\n    with Listener() as listener:\n        def serve():\n            with listener.accept() as line: line.send(2 * line.recv())\n        server = threading.Thread(target=serve)\n        server.start()\n        with Client(listener.address) as line:\n            line.send(x)\n            found = line.recv()\n        server.join()\n        return found", CALLED),
    "a fork in a function": ("import os\ndef F(x):\n    pid = os.fork()\n    if pid == 0: os._exit(0)\n    os.waitpid(pid, 0)\n    return 2 * x", CALLED),
    "a program that is run": ("import subprocess, sys\ndef F(x):\n    done = subprocess.run([sys.executable, '-c', f'print(2 * {x})'], capture_output=True, text=True)\n    return int(done.stdout)", CALLED),
    "workers that load data": ("from torch.utils.data import DataLoader\ndef F(x):\n    return sum(int(one) for one in DataLoader([x, x], num_workers=1))", CALLED),
    "a file between two steps": ("import json\ndef F(x):\n    with open('between.json', 'w') as f: json.dump(x, f)\n    with open('between.json') as f: return 2 * json.load(f)", CALLED),
    "a temporary folder": ("import tempfile, pathlib\ndef F(x):\n    with tempfile.TemporaryDirectory() as place:\n        (pathlib.Path(place) / 'x').write_text(str(x))\n        return 2 * int((pathlib.Path(place) / 'x').read_text())", CALLED),
    "a database in memory": ("import sqlite3\ndef F(x):\n    return sqlite3.connect(':memory:').execute('select 2 * ?', [x]).fetchone()[0]", CALLED),
    "a nap": ("import time\ndef F(x):\n    time.sleep(0.05)\n    return 2 * x", CALLED),
    "seeds of its own": ("import random\nrandom.seed(0); np.random.seed(0); torch.manual_seed(0)\n" + TWICE, CALLED),
    # values that are not plain numbers
    "a fraction": ("from fractions import Fraction\nF = Fraction(1, 2)", "from fractions import Fraction\nassert F == Fraction(1, 2) == 0.5"),
    "a decimal": ("from decimal import Decimal\nF = Decimal('0.5')", "assert F == 0.5"),
    "a number of sympy's": ("import sympy\nF = sympy.Integer(6)", "assert F == 6"),
    "a masked array": ("F = np.ma.masked_array([1.0, 2.0], mask=[False, False])", "assert np.allclose(F, [1.0, 2.0])"),
    "a number of numpy's": ("def F(x): return np.int64(2) * x", CALLED),
    "a truth of numpy's": ("def F(x): return np.float64(x) > 2", "assert F(3) and not F(1)"),
    "a tensor with one element": ("def F(x): return torch.tensor(2.0 * x)", "assert float(F(3)) == 6"),
    "an array that is read backwards": ("F = np.arange(4)[::-1]", "assert F.tolist() == [3, 2, 1, 0]"),
    "an array of Fortran's order": ("def F(a): return np.asfortranarray(2 * a)", "assert (F(np.ones((2, 3))) == 2).all()"),
    "a tensor that is not a block of memory": ("def F(x): return (2 * x).T", "assert torch.equal(F(torch.ones(2, 3)), torch.full((3, 2), 2.0))"),
    "gradients by torch.func": ("F = torch.func.grad(lambda x: x ** 2)", "assert torch.allclose(F(torch.tensor(3.0)), torch.tensor(6.0))"),
    "vmap": ("F = torch.vmap(lambda x: 2 * x)", "assert torch.equal(F(torch.ones(3)), torch.full((3,), 2.0))"),
    "a compiled function": ("@torch.compile\n" + TWICE, "assert torch.equal(F(torch.ones(3)), torch.full((3,), 2.0))"),
    "no gradients by a decorator": ("@torch.no_grad()\n" + TWICE, "assert torch.equal(F(torch.ones(3)), torch.full((3,), 2.0))"),
    "a module made of lambdas": ("class Wrap(nn.Module):\n    def __init__(self, g):\n        super().__init__()\n        self.g = g\n    def forward(self, x): return self.g(x)\nF = nn.Sequential(Wrap(lambda x: x + 1), Wrap(lambda x: 2 * x))", "assert torch.equal(F(torch.ones(2)), torch.full((2,), 4.0))"),
    "a deque, a counter, a set": ("from collections import deque, Counter\nF = (deque([1, 2]), Counter('aab'), {3})", "assert list(F[0]) == [1, 2] and F[1]['a'] == 2 and F[2] == {3}"),
}  # fmt: skip


@pytest.fixture(scope="module", params=["namespaces", "landlock"])
def verdict(room: Room, request: pytest.FixtureRequest) -> SubmissionVerdict:
    """The verdict on a notebook of all of them."""
    cells = [locked("setup", SETUP)]
    answers = {}
    for number, (text, test) in enumerate(ANSWERS.values()):
        named = {kind: re.sub(r"\bF\b", f"f{number}", part) for kind, part in (("answer", text), ("test", test))}
        cells += [answer(f"a{number}", "pass"), graded(f"a{number}_tests", named["test"])]
        answers[f"a{number}"] = named["answer"]
    limits = {"cell_s": 60.0, "call_s": 60.0, "test_s": 600.0, "submission_s": 3600.0, "memory_mb": 4000.0}
    return room.grade_other(notebook(*cells), answers, request.param, **limits)


@pytest.mark.parametrize("name", ANSWERS)
def test_an_honest_answer_keeps_its_point(verdict: SubmissionVerdict, name: str) -> None:
    one = cell(verdict, f"a{[*ANSWERS].index(name)}")
    assert (one.earned, one.ending, one.message) == (1, "passed", "")


def test_there_are_a_hundred_of_them() -> None:
    assert len(ANSWERS) >= 100
