"""Attacks on the grade, whole: each is handed in as a notebook, graded by the engine, and must gain nothing.

``double`` and ``field`` are attacked: neither is answered, so both must stay at no point. ``Tiny`` and ``step`` are
answered rightly, and must keep their points unless the attack itself spoils them.
"""

import json
import os
import socket
from pathlib import Path

import pytest

from course.grading.gradebook.assignment import ensure_assignment
from course.grading.keeping import save
from course.grading.system import tree
from course.report.feedback import write_feedback
from tests.grading.exam_fixture import ANSWERS, HIDDEN, LESSON, Room, cell, scores
from tests.grading.notebooks import filled, raw

SECRETS = ("31.4159", "62.8318", "three convolutions", "a secret number", "CANARY")

LIAR = """
class Liar:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __bool__(self): return True
    def __getattr__(self, name): return Liar()
    def __call__(self, *a, **k): return Liar()
    def __float__(self): return 112.0
    def __int__(self): return 112
    def __index__(self): return 112
    def __len__(self): return 1
    def __iter__(self): return iter([2.0])
    def __lt__(self, o): return True
    __gt__ = __le__ = __ge__ = __lt__
    def __sub__(self, o): return 0
    __rsub__ = __abs__ = __sub__
    def __array__(self, *a, **k):
        import numpy as np
        return np.array([2.0])
    def __torch_function__(self, func, types, args=(), kwargs=None): return True
"""

# What is graded only by what crosses the boundary: these hold on the lowest isolation level too.
LIES = {
    "an object that equals everything": LIAR + "field = Liar()\ndouble = Liar()",
    "an int that equals everything": "class I(int):\n    def __eq__(s, o): return True\n    __hash__ = int.__hash__\nfield = I(1)\n"
    "def double(x): return I(1)",
    "a float that equals everything": "class Fl(float):\n    def __eq__(s, o): return True\n    __hash__ = float.__hash__\n"
    "field = Fl(1)\ndouble = lambda x: Fl(1)",
    "a text that equals everything": "class S(str):\n    def __eq__(s, o): return True\n    __hash__ = str.__hash__\nfield = S('1')\n"
    "double = lambda x: S('2')",
    "a list that equals everything": "class L(list):\n    def __eq__(s, o): return True\n    def __len__(s): return 1\n"
    "field = L([1])\ndouble = lambda x: L([0.0])",
    "a tensor subclass with its own functions": "class T(torch.Tensor):\n    @classmethod\n"
    "    def __torch_function__(cls, func, types, args=(), kwargs=None): return torch.tensor(True)\n"
    "double = lambda x: torch.zeros(1).as_subclass(T)\nfield = torch.zeros(()).as_subclass(T)",
    "an array subclass with its own functions": "import numpy as np\nclass A(np.ndarray):\n    def __array_ufunc__(self, *a, **k): return True\n"
    "    def __eq__(s, o): return True\ndouble = lambda x: np.zeros(1).view(A)\nfield = np.zeros(1).view(A)",
    "zeros": "field = 0.0\ndouble = torch.zeros_like",
    "not a number": "field = float('nan')\ndouble = lambda x: x * float('nan')",
    "infinity": "field = float('inf')\ndouble = lambda x: x * float('inf')",
    "None": "field = None\ndouble = lambda x: None",
    "True": "field = True\ndouble = lambda x: True",
    "a shape that broadcasts": "field = [112]\ndouble = lambda x: (2 * x)[None, :, None].expand(3, -1, 2)",
    "an empty tensor": "field = torch.empty(0)\ndouble = lambda x: torch.empty(0)",
    "memory that others have freed": "field = 0\ndef double(x):\n    return torch.empty(x.shape)",
    "the input changed in place": "field = 0\ndef double(x):\n    x.zero_()\n    return x",
    "the input changed in place, in numpy": "field = 0\ndef double(x):\n    x.numpy()[:] = 0\n    return x",
    "the input changed through data": "field = 0\ndef double(x):\n    x.data.fill_(0)\n    return torch.zeros_like(x)",
    "patched torch.allclose": "torch.allclose = torch.equal = lambda *a, **k: True\nfield = 0\ndouble = lambda x: x",
    "patched comparisons of tensors": "torch.Tensor.__eq__ = lambda *a: True\ntorch.Tensor.all = lambda *a: True\nfield = 0\ndouble = lambda x: x",
    "patched numpy.testing": "import numpy.testing as t\nt.assert_allclose = lambda *a, **k: None\nfield = 0\ndouble = lambda x: x",
    "patched checks": "from course import checks\nfor n in ('close', 'equal', 'check', 'score', 'begin', 'report'):\n"
    "    setattr(checks, n, lambda *a, **k: 99.0)\nfield = 0\ndouble = lambda x: x",
    "patched builtins": "import builtins\nbuiltins.abs = lambda x: 0\nbuiltins.all = lambda x: True\nbuiltins.isinstance = lambda *a: True\n"
    "field = 0\ndouble = lambda x: x",
    "a patched clock": "import time\ntime.time = time.monotonic = time.perf_counter = lambda: 0.0\nfield = 0\ndouble = lambda x: x",
    "an input transformer that empties cells": "get_ipython().input_transformers_cleanup.append(lambda lines: ['pass\\n'])\nfield = 0\ndouble = lambda x: x",
    "an AST transformer that empties cells": "import ast\nclass E(ast.NodeTransformer):\n    def visit_Assert(self, n): return ast.Pass()\n"
    "    def visit_With(self, n): return ast.Pass()\nget_ipython().ast_transformers.append(E())\nfield = 0\ndouble = lambda x: x",
    "run_cell replaced": "ip = get_ipython()\ntype(ip).run_cell = lambda *a, **k: None\nfield = 0\ndouble = lambda x: x",
    "the display publisher fakes a score": "from IPython.display import display\ndisplay({'text/plain': '3.0', 'application/vnd.clozegrad.checks+json': "
    "{'exercise': 'double', 'points': 3, 'checks': [{'label': 'x', 'points': 3, 'earned': 3}]}}, raw=True)\nfield = 0\ndouble = lambda x: x\n3.0",
    "TestCaseResult patched": "import unittest\nunittest.TestResult.__init__ = lambda *a, **k: None\nfield = 0\ndouble = lambda x: x",
    "patched pickle": "import pickle, os\npickle.dump = pickle.dumps = lambda *a, **k: b\"cos\\nsystem\\n(S'true'\\ntR.\"\nfield = 0\ndouble = lambda x: x",
    "an object whose pickle runs code": "class P:\n    def __reduce__(self): return (exec, ('raise SystemExit',))\nfield = P()\ndouble = lambda x: P()",
    "a caching function by identity": "seen = {}\ndef double(x):\n    return seen.setdefault(id(x), x)\nfield = 0",
    "hash and identity lies": "class H:\n    def __hash__(self): return hash(112)\n    def __eq__(self, o): return True\nfield = H()\ndouble = lambda x: H()",
    "a lazy object that looks at who asks": "import sys\nclass Z:\n    def __getattribute__(self, n):\n        return sys._getframe(1).f_locals.get('expected')\nfield = Z()\ndouble = lambda x: Z()",
    "the frames above": "import sys\ndef double(x):\n    f = sys._getframe()\n    while f:\n        for v in (*f.f_locals.values(), *f.f_globals.values()):\n"
    "            if isinstance(v, torch.Tensor) and v.shape == x.shape and v is not x: return v\n        f = f.f_back\n    return x\nfield = 0",
    "the garbage collector": "import gc\ndef double(x):\n    for o in gc.get_objects():\n        if isinstance(o, torch.Tensor) and o.shape == x.shape and o is not x and not torch.equal(o, x): return o\n"
    "    return x\nfield = 0",
    "inspect and linecache": "import linecache\nfor text in linecache.cache.values():\n    print(text)\nimport inspect\nprint([inspect.getsource(m) for m in ()])\nfield = 0\ndouble = lambda x: x",
    "history": "print(get_ipython().user_ns.get('In'), get_ipython().history_manager)\nfield = 0\ndouble = lambda x: x",
    "an exception with the points in it": "class E(Exception):\n    def __str__(self): return '3.0'\ndef double(x): raise E\nfield = 0",
    "an exception that is a pass": "def double(x): raise StopIteration\nfield = 0",
    "GeneratorExit": "def double(x): raise GeneratorExit\nfield = 0",
    "KeyboardInterrupt": "def double(x): raise KeyboardInterrupt\nfield = 0",
    "an exception class that cannot be shown": "class E(BaseException):\n    def __str__(self): raise self\n    __repr__ = __str__\ndef double(x): raise E\nfield = 0",
    "recursion": "def double(x): return double(x)\nfield = 0",
    "a list that holds itself": "field = []\nfield.append(field)\ndef double(x):\n    a = [x]\n    a.append(a)\n    return a",
    "nesting without end": "field = ()\nfor _ in range(5000): field = (field,)\ndouble = lambda x: field",
    "an iterator without end": "import itertools\ndouble = lambda x: itertools.count()\nfield = itertools.count()",
    "a number of a million digits": "field = 10 ** 1_000_000\ndouble = lambda x: field",
    "a number of a hundred thousand digits": "field = 10 ** 100_000\ndouble = lambda x: field",
    "a range of a million million": "field = range(10 ** 12)\ndouble = lambda x: range(10 ** 9)",
    "a dict with lying keys": "class K(str):\n    def __eq__(s, o): return True\n    __hash__ = str.__hash__\nfield = {K('a'): 112}\ndouble = lambda x: {K('x'): 2.0}",
    "garbage on the wire": "import os, socket\nfor fd in range(3, 64):\n    try: os.write(fd, b'\\x00\\x00\\x00\\x05hello' * 50)\n    except OSError: pass\nfield = 0\ndouble = lambda x: x",
    "garbage on the wire in a call": "import os\ndef double(x):\n    for fd in range(3, 64):\n        try: os.write(fd, b'\\xff' * 4000)\n        except OSError: pass\n    return x\nfield = 0",
    "a forged answer on the wire": "import os, struct, msgpack\ndef double(x):\n    body = msgpack.packb(True) + msgpack.packb(112)\n    for fd in range(3, 64):\n"
    "        try: os.write(fd, struct.pack('>I', len(body)) + body)\n        except OSError: pass\n    return x\nfield = 0",
    "the socket closed": "import os\ndef double(x):\n    for fd in range(3, 64):\n        try: os.close(fd)\n        except OSError: pass\n    return x\nfield = 0",
    "the server's own objects patched": "import course.grading.boundary.ends.candidate as a\na.Candidate._name = lambda self, name: 112\n"
    "a.Candidate.perform = lambda self, op, args: None\nfield = 0\ndouble = lambda x: x",
    "a process whose name reads as its memory": "import ctypes, time\nctypes.CDLL(None).prctl(15, b'\\rVmRSS: x', 0, 0, 0)\ntime.sleep(0.5)\nfield = 0\ndouble = lambda x: x",
    "the seed in the environment": "import os\nfield = 0\ndef double(x):\n    return torch.tensor(float(len(os.environ.get('CLOZEGRAD_SEED', ''))))",
    "draws foreseen from the generator": "state = torch.get_rng_state()\ndef double(x):\n    torch.set_rng_state(state)\n    return torch.randn(x.shape)\nfield = 0",
    "the checks asked for their report": "from course import checks\ndef double(x):\n    return checks.report()\nfield = checks.report()",
    "a class in place of a function": "class double:\n    def __new__(cls, x): return x\nfield = int",
    "the test's own callables kept": "import types\ndef double(x):\n    return types.SimpleNamespace(shape=x.shape, dtype=x.dtype, tolist=lambda: [2.0])\nfield = types.SimpleNamespace(value=112)",
    "a sparse tensor": "field = torch.zeros(()).to_sparse()\ndouble = lambda x: torch.zeros(x.shape).to_sparse()",
    "a tensor without memory": "field = torch.empty((), device='meta')\ndouble = lambda x: torch.empty(x.shape, device='meta')",
    "a quantised tensor": "field = torch.quantize_per_tensor(torch.zeros(1), 0.1, 0, torch.quint8)\n"
    "double = lambda x: torch.quantize_per_tensor(torch.zeros(x.shape), 0.1, 0, torch.quint8)",
    "a nested tensor": "field = torch.nested.nested_tensor([torch.zeros(1)])\ndouble = lambda x: torch.nested.nested_tensor([torch.zeros(n + 1) for n in range(2)])",
    "views with the negative and the conjugate bit": "field = torch.zeros(1, dtype=torch.cfloat).conj().imag\ndouble = lambda x: torch.complex(x, -x).conj().imag",
    "one place in memory for all elements": "field = torch.zeros(1).expand(4)\ndouble = lambda x: x[:1].expand(x.shape)",
    "a view that reaches over the input": "field = 0\ndouble = lambda x: torch.as_strided(x, x.shape, (0,) * x.dim())",
    "an array of objects": "import numpy as np\n" + LIAR + "field = np.array(Liar(), dtype=object)\ndouble = lambda x: np.array([Liar()] * len(x), dtype=object)",
    "an array of records and one of dates": "import numpy as np\nfield = np.zeros(1, dtype=[('a', 'i4')])\ndouble = lambda x: np.zeros(len(x), 'M8[s]')",
    "an array without strides": "import numpy as np\nfield = np.lib.stride_tricks.as_strided(np.zeros(1), (), ())\n"
    "double = lambda x: np.lib.stride_tricks.as_strided(np.zeros(1), (len(x),), (0,))",
    "minus zero and tiny numbers": "field = -0.0\ndouble = lambda x: x * -0.0 + 5e-324",
    "half of a surrogate pair": "field = '\\ud800'\nprint('\\udc80')\ndef double(x):\n    print('\\ud800')\n    raise ValueError('\\udfff')",
    "keys that all collide": "class K(int):\n    def __hash__(s): return 1\nfield = {K(n): n for n in range(1500)}\ndouble = lambda x: field",
    "a text without end": "class R:\n    def __repr__(s): return 'x' * 300_000_000\n    __str__ = _repr_html_ = __repr__\nfield = R()\ndef double(x): raise ValueError('x' * 300_000_000)\nR()",
    "a text that never comes": "class R:\n    def __repr__(s):\n        while True: pass\n    __str__ = __repr__\nfield = R()\nclass E(Exception): __str__ = R.__repr__\ndef double(x): raise E\nR()",
    "a generator that never yields": "field = 0\ndef double(x):\n    while True:\n        if x is None: yield",
    "values made on the way across": "class L(list):\n    def __iter__(s):\n        while True: yield 112\n    __len__ = lambda s: 1\nclass D(dict):\n    items = keys = values = __iter__ = L().__iter__\nfield = D()\ndouble = lambda x: L()",
    "class and reduction asked across": "class Q:\n    __class__ = int\n    __reduce__ = __reduce_ex__ = lambda s, *a: (int, (112,))\n    __index__ = __int__ = lambda s: 112\n    __dict__ = {}\nfield = Q()\ndouble = lambda x: Q()",
    "tracing and profiling": "import sys, threading\nseen = []\ndef spy(frame, event, arg):\n    seen.append(frame.f_locals)\n    for v in frame.f_locals.values():\n"
    "        if isinstance(v, torch.Tensor) and event == 'return': v.zero_()\n    return spy\nsys.settrace(spy); sys.setprofile(spy); threading.settrace(spy)\nfield = 0\ndef double(x):\n    return x",
    "generators set in each call": "import random, numpy as np\nfield = 0\ndef double(x):\n    torch.manual_seed(0); np.random.seed(0); random.seed(0)\n    return torch.randn(x.shape)",
    "a thread that acts in later cells": "import threading, time\ndef bomb():\n    while True:\n        get_ipython().user_ns.update(field=0)\n        time.sleep(0.01)\nthreading.Thread(target=bomb, daemon=True).start()\nfield = 0\ndouble = lambda x: x",
    "an alarm that rings in later cells": "import signal\nsignal.signal(signal.SIGVTALRM, lambda *a: None)\nsignal.setitimer(signal.ITIMER_VIRTUAL, 0.01, 0.01)\nfield = 0\ndouble = lambda x: x",
    "the time limit switched off": "import signal\nfield = 0\ndef double(x):\n    signal.setitimer(signal.ITIMER_REAL, 0)\n    signal.signal(signal.SIGALRM, signal.SIG_IGN)\n    while True: pass",
    "half a frame, then silence": "import os, struct, time\nfield = 0\ndef double(x):\n    for fd in range(3, 64):\n        try: os.write(fd, struct.pack('>II', 1 << 20, 3) + b'half')\n        except OSError: pass\n    time.sleep(60)",
    "an old answer sent again": "import os, socket\nfield = 0\nkept = []\nfrom course.grading.boundary.transport.wire import Wire\nsend = Wire.send\ndef twice(self, tokens, deadline):\n    kept.append(list(tokens))\n    for old in kept[-3:]: send(self, old, deadline)\nWire.send = twice\ndouble = lambda x: x",
    "the shell replaced": "type(get_ipython()).run = 5\nfield = 0\ndouble = lambda x: x",
    "names that answer for themselves": "ip = get_ipython()\nclass N(dict):\n    def __contains__(s, k): return True\n    def __missing__(s, k): return 113\n"
    "import gc\nfrom course.grading.boundary.ends.candidate import Candidate\nfor o in gc.get_objects():\n    if type(o) is Candidate: o._namespace = N()\nfield = 0\ndouble = lambda x: x",
}  # fmt: skip

# What reaches for the machine: the jail's own tests go further; these hold for the whole.
BREAK_INS = {
    "the course folder is read": "import os, pathlib\nfor root in ('/tmp', '/work', '/root', '/home', '.', '..'):\n    for p in pathlib.Path(root).rglob('*.ipynb'):\n"
    "        print(p, p.read_text()[:100000])\n    for p in pathlib.Path(root).rglob('*.db'): print(p.read_bytes()[:100])\n    for p in pathlib.Path(root).rglob('canary*'): print(p.read_text())",
    "the course package is searched for answers": "import course, pathlib\nfor p in pathlib.Path(course.__file__).parents[1].rglob('*.ipynb'): print(p.read_text())\n"
    "for p in (pathlib.Path(course.__file__).parents[1] / 'lessons').rglob('*.py'): print('CANARY', p.read_text())",
    "other processes are looked at": "import os\nfor pid in filter(str.isdigit, os.listdir('/proc')):\n    for name in ('environ', 'cmdline', 'maps'):\n"
    "        try:\n            text = open(f'/proc/{pid}/{name}', 'rb').read()\n            if b'CLOZEGRAD_SEED' in text: print('CANARY', text)\n        except OSError: pass",
    "the parent is killed": "import os, signal\nfor pid in (os.getppid(), -1):\n    try: os.kill(pid, signal.SIGKILL)\n    except OSError: pass",
    "memory of others is read": "import os\nfor pid in filter(str.isdigit, os.listdir('/proc')):\n    if int(pid) == os.getpid(): continue\n    try:\n        if open(f'/proc/{pid}/maps').read() and open(f'/proc/{pid}/mem', 'rb'): print('CANARY')\n    except OSError: pass",
    "the network is called": "import socket\ntry:\n    socket.create_connection(('127.0.0.1', PORT), 1)\n    print('CANARY')\nexcept OSError: pass",
    "a file outside is written": "import pathlib\nfor place in ('MARK', '/etc/mark', '/usr/mark'):\n    try: pathlib.Path(place).write_text('x')\n    except OSError: pass",
    "a shell writes outside": "!echo x > MARK\nimport os\nos.system('echo x > MARK')",
    "a daemon is left": "import subprocess\nsubprocess.Popen(['sleep', '987'], start_new_session=True)",
    "forks without end": "import os\nfor _ in range(2000):\n    try:\n        if os.fork() == 0:\n            import time\n            time.sleep(60)\n            os._exit(0)\n    except OSError: break",
    "threads without end": "import threading, time\ntry:\n    for _ in range(5000): threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\nexcept RuntimeError: pass",
    "a full disk": "try:\n    with open('big', 'wb') as f:\n        for _ in range(3000): f.write(b'x' * 1_000_000)\nexcept OSError: pass",
    "a flood of output": "for _ in range(300): print('x' * 100_000)",
    "a flood of pictures": "from IPython.display import display, Image\nfor _ in range(2000): display({'image/png': 'A' * 100_000}, raw=True)",
    "signals ignored": "import signal\nfor s in range(1, 65):\n    try: signal.signal(s, signal.SIG_IGN)\n    except (OSError, ValueError): pass",
    "limits raised": "import resource\nfor r in (resource.RLIMIT_NPROC, resource.RLIMIT_FSIZE, resource.RLIMIT_CPU):\n    try: resource.setrlimit(r, (resource.RLIM_INFINITY,) * 2)\n    except (ValueError, OSError): pass",
    "stdout and stdin closed": "import os, sys\nos.close(0); os.close(1); os.close(2)\nsys.stdout = sys.stderr = None",
    "excepthook and atexit": "import atexit, sys, os\natexit.register(lambda: os.write(1, b'3.0'))\nsys.excepthook = lambda *a: None",
    "its own folder removed": "import os, shutil\nshutil.rmtree(os.getcwd(), ignore_errors=True)\nos.chmod('.', 0)",
    "a core file": "import os, resource\ntry: resource.setrlimit(resource.RLIMIT_CORE, (1 << 30, 1 << 30))\nexcept (ValueError, OSError): pass\nif os.fork() == 0: os.abort()\nos.wait()\nprint('CANARY' if any(n.startswith('core') for n in os.listdir('.')) else '')",
    "descriptors stolen": "import os, gc, socket\nfor fd in range(64):\n    try: print(fd, os.readlink(f'/proc/self/fd/{fd}'))\n    except OSError: pass\nassert len([fd for fd in os.listdir('/proc/self/fd')]) < 12",
    "a new interpreter": "import subprocess, sys\nprint(subprocess.run([sys.executable, '-c', 'import os; print(os.listdir(\"/\"))'], capture_output=True, text=True).stdout)",
}  # fmt: skip


# On which isolation levels they run, by user: an ordinary user has none but these two upper ones to rely on.
USER = "ordinary" if os.geteuid() else "root"
LIES_ON = {"root": ("namespaces", "plain"), "ordinary": ("namespaces", "landlock", "plain")}
BREAK_INS_ON = {"root": ("namespaces",), "ordinary": ("namespaces", "landlock")}


def attack(room: Room, code: str, isolation: str) -> None:
    """Hand the attack in and hold its verdict to what it must be."""
    answers = {"Tiny": ANSWERS["Tiny"], "step": ANSWERS["step"], "double": code}
    verdict = room.grade(answers, student="mallory", isolation=isolation)
    got = scores(verdict)
    assert got["double"] == 0, cell(verdict, "double").report
    assert got["field"] == 0, cell(verdict, "field").report
    assert (got["Tiny"] or 0) <= 2
    assert (got["step"] or 0) <= 1
    outputs = json.dumps([one.get("outputs", []) for one in verdict.notebook.cells if not _is_test(one)])
    assert not [secret for secret in SECRETS if secret in outputs]
    assert tree.descendants(room.engines(isolation).forkserver.pid) == ()


def _is_test(one: object) -> bool:
    return bool(one.metadata.get("nbgrader", {}).get("grade"))  # type: ignore[attr-defined]


@pytest.mark.parametrize("isolation", LIES_ON[USER])
@pytest.mark.parametrize("name", LIES)
def test_a_lie_gains_nothing(room: Room, name: str, isolation: str) -> None:
    code = LIES[name]
    # A public check may be passed by chance of its shape (2.0 for the one visible input): the hidden ones may not.
    attack(room, code, isolation)


@pytest.mark.parametrize("isolation", BREAK_INS_ON[USER])
@pytest.mark.parametrize("name", BREAK_INS)
def test_a_break_in_gains_nothing(room: Room, name: str, isolation: str, tmp_path: Path) -> None:
    (room.folder.root / "canary.txt").write_text("CANARY")
    mark = tmp_path / "mark"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        code = BREAK_INS[name].replace("PORT", str(listener.getsockname()[1])).replace("MARK", str(mark))
        attack(room, code, isolation)
    assert not mark.exists()


def test_what_a_hidden_test_passed_in_is_kept_from_the_students_page(room: Room) -> None:
    keep = "seen = []\ndef double(x):\n    seen.append(x.tolist())\n    print('LE' 'AK', x.tolist())\n    return 2 * x"
    late = "print('LE' 'AK', seen)\nfield = str(seen)"
    notebook = filled(
        room.release(),
        ANSWERS | {"double": keep, "field": late, "Tiny": f"raise ValueError(str(seen))\n{ANSWERS['Tiny']}"},
    )
    verdict = room.grade_raw(raw(notebook), student="eve")
    ensure_assignment(room.folder, LESSON)
    save(room.folder, verdict)
    (page,) = write_feedback(room.folder, LESSON, ["eve"])
    text = "".join(path.read_text("utf-8") for path in room.folder.feedback.rglob("eve/**/*.html"))
    assert text
    assert page
    assert str(HIDDEN)[:6] not in text
    assert "LEAK" not in text.replace("LEAK [1.0]", "")  # the one input that is not a secret
