"""Which cells of a notebook count for its points: whatever its text does not rule out, does."""

import contextlib
import io
import math
import os
import random
import re
import string
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.folder import CourseFolder
from course.grading.plan.exam import exams_of
from course.grading.plan.leaving import Cell, Leaving, Role, leaving
from course.grading.plan.objects.reading import read

ROOT = Path(__file__).parents[3]
FOLDER = CourseFolder(ROOT)


def decided(*cells: tuple[Role, str]) -> Leaving:
    """What is decided of these cells, the last of which is a test that runs on the student's side."""
    return leaving([Cell(role, f"cell {place}", source) for place, (role, source) in enumerate(cells)])


def kept(demonstration: str, answer: str = "def f(x):\n    return x", test: str = "f(1)", setup: str = "") -> str:
    """Why a demonstration between an answer and its test has to run; empty when it need not."""
    cells: list[tuple[Role, str]] = [("set-up", f"import math\na = [1]\n{setup}"), ("answer", answer)]
    return decided(*cells, ("demonstration", demonstration), ("test", test)).reasons.get(2, "")


# What a demonstration may do without being missed

FREE = [
    "print(f(2))",
    "x = f(a)\nx.append(3)",
    "b = [f(i) for i in range(3)]\nfor i in b:\n    print(i)",
    "import matplotlib.pyplot as plt\nplt.plot(a)\nplt.title('a')",
    "import torch\ntorch.manual_seed(0)\nnet = torch.nn.Linear(2, 2)\nnet.bias.grad = None",
    "table = {'mine': f, 'python': len}\nfor name, g in table.items():\n    print(name, g([1]))",
    "class Net:\n    def __init__(self):\n        self.f = f\n    def __call__(self, x):\n        self.last = x\n        return self.f(x)\n"
    "net = Net()\nnet.size = 3\nnet(2)",
    "with open('/dev/null') as file:\n    pass",
    "import numpy as np\nnp.random.seed(1)\nnp.linalg.norm(a)",
    "def g(h, x):\n    return h(x)\nprint(g(f, 1))",
    "import torch\nwith torch.set_grad_enabled(False):\n    print(f(torch.ones(2)))",
]  # fmt: skip


@pytest.mark.parametrize("demonstration", FREE)
def test_a_demonstration_that_only_uses_an_answer_is_left_out(demonstration: str) -> None:
    assert kept(demonstration) == ""


# What keeps one

BINDING = {
    "f = len": "binds `f`",
    "del f": "binds `f`",
    "for f in [len]:\n    pass": "binds `f`",
    "import json as f": "binds `f`",
    "def f(x):\n    return 2": "binds `f`",
    "class f:\n    pass": "binds `f`",
    "(f := len)": "binds `f`",
    "with open('x') as f:\n    pass": "binds `f`",
    "def g():\n    global f\n    f = len\ng()": "binds `f`",
    "try:\n    pass\nexcept ValueError as f:\n    pass": "binds `f`",
    "match a:\n    case [f]:\n        pass": "binds `f`",
    "from math import *": "import *",
    "sum = max": "binds `sum`",
    "f += 1": "binds `f`",
}


@pytest.mark.parametrize(("demonstration", "why"), BINDING.items())
def test_a_demonstration_that_binds_what_a_test_may_read_is_kept(demonstration: str, why: str) -> None:
    assert why in kept(demonstration, test="f(sum([1]))")


CHANGING = [  # of the list that the answer reads
    "a.append(1)",
    "a[0] = 5",
    "del a[0]",
    "x = a\nx.clear()",
    "x, y = a, 1\nx.clear()",
    "x = {'k': [a]}\nx['k'][0].pop()",
    "for x in (a, a):\n    x.pop()",
    "[x.pop() for x in [a]]",
    "def g(x):\n    x.pop()\ng(a)",
    "def g():\n    return a\ng().pop()",
    "def g():\n    x = a\n    def h():\n        x.pop()\n    return h\ng()()",
    "pop = a.pop\npop()",
    "list.pop(a)",
    "getattr(a, 'pop')()",
    "import operator\noperator.setitem(a, 0, 3)",
    "print(len(a))",  # `len` of a class of the notebook's may do anything
    "f'{a}'",
    "a == 1",
    "sorted([1], key=lambda x: a.append(x) or x)",
    "next(iter(a))",
    "class C:\n    x = a\nC.x.pop()",
    "def g(x=a):\n    x.pop()\ng()",
    "from functools import partial\npartial(list.pop, a)()",
    "import copy\ncopy.copy([a])[0].pop()",
    "import contextlib\n@contextlib.contextmanager\ndef context(x):\n    yield x\nwith context(a) as x:\n    x.pop()",
    "class context:\n    def __init__(self, x):\n        self.x = x\n    def __enter__(self):\n        return self.x\n"
    "    def __exit__(self, *_):\n        pass\nwith context(a) as x:\n    x.pop()",
    "print(c)",  # which holds it
    "f(3)",  # the answer itself may change it
]


@pytest.mark.parametrize("demonstration", CHANGING)
def test_a_demonstration_that_reaches_what_the_answer_reads_is_kept(demonstration: str) -> None:
    assert "may change" in kept(demonstration, answer="def f(x):\n    return len(a)", setup="c = {'k': a}")


COUNTING = (
    "def override(g):\n    seen = []\n    def h(*x):\n        seen.append(x)\n        return len(seen)\n    return h\n"
)
STATE = {  # answers that keep something from one call to the next
    "mutable default": "def f(x, seen=[]):\n    seen.append(x)\n    return len(seen)",
    "attribute": "def f(x):\n    f.calls = getattr(f, 'calls', 0) + 1\n    return f.calls",
    "global": "n = 0\ndef f(x):\n    global n\n    n += 1\n    return n",
    "closure": "def make():\n    n = 0\n    def g(x):\n        nonlocal n\n        n += 1\n        return n\n    return g\nf = make()",
    "class attribute": "class f:\n    made = 0\n    def __init__(self, x):\n        f.made += 1",
    "class list": "class f:\n    made = []\n    def __init__(self, x):\n        self.made.append(x)",
    "class by type": "class f:\n    made = 0\n    def __init__(self, x):\n        type(self).made += 1",
    "decorator": "import functools\n@functools.lru_cache\ndef f(x):\n    return x",
    "decorator in brackets": "import functools\n@(\n    functools.lru_cache\n)\ndef f(x):\n    return x",
    "own decorator": f"{COUNTING}@override\ndef f(x):\n    return x",
    "own decorator of a method": f"{COUNTING}class C:\n    @override\n    def g(self):\n        pass\ndef f(x):\n    return C().g()",
    "own decorator with arguments": f"{COUNTING}def wraps(n):\n    return override\n@wraps(2)\ndef f(x):\n    return x",
    "instance": "class C:\n    def __call__(self, x):\n        self.x = x\nf = C()",
    "generator": "f = (i for i in range(9)).__next__",
    "module": "import torch\ndef f(x):\n    torch.set_default_dtype(torch.float64)",
    "partial": "import functools\nf = functools.partial(list.append, [])",
}  # fmt: skip


@pytest.mark.parametrize("answer", STATE.values(), ids=STATE)
def test_a_demonstration_that_calls_an_answer_which_keeps_something_is_kept(answer: str) -> None:
    assert kept("print(f(3))", answer=answer)
    assert not kept("print(3)", answer=answer)


PROCESS = {
    "import torch\ntorch.set_default_dtype(torch.float64)": "torch.set_default_dtype",
    "import torch\ntorch.set_num_threads(3)": "torch.set_num_threads",
    "import os\nos.environ['A'] = '1'": "os.environ",
    "import os\nos.chdir('/')": "os.chdir",
    "from os import chdir as go\ngo('/')": "os.chdir",
    "import matplotlib.pyplot as plt\nplt.rcParams['font.size'] = 3": "rcParams",
    "math.tau = 3": "an attribute of a library: tau",
    "m = math\nm.tau = 3": "an attribute of a library: tau",
    "import torch\nfor c in (torch.nn.Linear, torch.nn.Conv2d):\n    c.forward = None": "an attribute of a library",
    "import torch\ntype(torch.ones(1)).norm = None": "an attribute of a library",
    "import torch\ntorch.no_grad().__enter__()": "__enter__",
    "import warnings\nwarnings.simplefilter('error')": "simplefilter",
    "import sys\nsys.path.append('x')": "sys",
    "import threading\nthreading.Thread(target=print).start()": "threading",
    "import unheard_of": "unheard_of",
    "globals()['f'] = 3": "globals",
    "exec('f = 3')": "exec",
    "__import__('os')": "__import__",
    "vars(f)['x'] = 3": "vars",
    "f.__dict__['x'] = 3": "__dict__",
    "%load_ext something": "load_ext",
    "!rm x": "system",
    "files = !ls": "get_ipython",
    "import torch\ndef g():\n    with torch.no_grad():\n        yield\nnext(g())": "a `with` block open",
    "input()": "input",
    "def g(:": "not Python",
}


@pytest.mark.parametrize(("demonstration", "why"), PROCESS.items())
def test_a_demonstration_that_changes_the_process_or_cannot_be_followed_is_kept(demonstration: str, why: str) -> None:
    assert why in kept(demonstration)
    assert decided(("test", "1"), ("demonstration", demonstration)).left_out == {1}, "nothing comes after it"


def test_files_matter_where_a_cell_that_counts_reads_some() -> None:
    written = "import json\nwith open('x.json', 'w') as file:\n    json.dump([1], file)"
    assert kept(written) == ""
    reading = "def f(x):\n    return open('x.json').read()"
    assert kept(written, answer=reading) == "it may write a file that cell 3 reads"
    assert kept("from PIL import Image\nImage.open('x.png')", answer=reading) == ""


@pytest.mark.parametrize(
    "answer",
    [
        "def f(x):\n    return globals()['x']",
        "def f(x):\n    return eval('x')",
        "def f(x):\n    import __main__\n    return __main__.x",
        "def f(x):\n    import sys\n    return sys.modules['__main__'].x",
        "def f(x):\n    return get_ipython().user_ns['x']",
        "def f(x):\n    return Out[1]",
        "%run other.py",
        "import inspect\ndef look():\n    return inspect.currentframe().f_back.f_locals['x']\nf = look()",
    ],
)
def test_an_answer_that_may_read_anything_keeps_every_demonstration_before_it(answer: str) -> None:
    found = decided(("demonstration", "x = 3"), ("answer", answer), ("demonstration", "y = 3"), ("test", "f(1)"))
    assert "may read anything" in found.reasons[0]


def test_an_answer_that_looks_at_its_callers_keeps_none_where_only_tests_and_classes_call_it() -> None:
    look = "import inspect\nclass Settings:\n    def keep(self):\n        self.kept = inspect.currentframe().f_back.f_locals"
    used = "class Net(Settings):\n    def __init__(self, n):\n        self.keep()"
    found = leaving(
        [
            Cell("demonstration", "d", "x = 3"),
            Cell("answer", "a", look),
            Cell("set-up", "s", used),
            Cell("test", "t", "", frozenset({"Net"})),
        ]
    )
    assert found.left_out == {0}


def test_what_a_kept_demonstration_needs_is_kept_as_well() -> None:
    found = decided(
        ("demonstration", "x = [1]"),
        ("demonstration", "x.append(2)"),
        ("demonstration", "y = [3]"),
        ("demonstration", "z = len(x)"),
        ("answer", "def f(q):\n    return z"),
        ("test", "f(1)"),
    )
    assert found.left_out == {2}


def test_what_only_comes_to_be_after_a_demonstration_cannot_be_changed_by_it() -> None:
    """What lies in one container would be one place, had the cell that puts it there to be looked at."""
    found = decided(
        ("set-up", "a = [1]"),
        ("demonstration", "b = [a]\nprint(b)"),
        ("set-up", "mean = [0.5]"),
        ("answer", "def f(x):\n    return mean"),
        ("test", "f(1)"),
        ("demonstration", "c = [mean, a]\nprint(c)"),
    )
    assert found.left_out == {1, 5}
    assert found.counting == {2, 3, 4}


def test_what_a_test_reads_on_its_own_side_is_there_on_the_other() -> None:
    """A member of an enumeration crosses by the name of its class."""
    test = Cell("test", "t", "", named=frozenset({"Colour"}))
    cells = [Cell("demonstration", "d", "class Colour:\n    pass"), Cell("demonstration", "e", "x = 1"), test]
    assert leaving(cells).reasons == {0: "it binds `Colour`, which t may read"}


def test_draws_that_go_on_where_a_demonstrations_have_ended_keep_it() -> None:
    def cells(follows: bool, role: Role) -> list[Cell]:
        drawing = Cell("demonstration", "d", "import numpy\nx = numpy.random.rand()", draws=True)
        return [
            drawing,
            Cell(role, "e", "import numpy as np\ny = np.random.rand()", draws=True, follows=follows),
            Cell("test", "t", "y"),
        ]

    assert leaving(cells(True, "set-up")).reasons == {0: "e draws on where it ends"}
    assert leaving(cells(False, "set-up")).left_out == {0}
    assert leaving(cells(True, "demonstration")).reasons[0] == "e draws on where it ends"


# What students write

CALM: tuple[tuple[Role, str], ...] = (("answer", "def f(x):\n    return x"), ("test", "f(1)"))


def test_what_a_student_wrote_brings_back_what_binds_or_changes_its_names() -> None:
    found = decided(
        ("set-up", "reached = {}"),
        ("demonstration", "x = [1]"),
        ("demonstration", "reached['x'] = x"),
        ("demonstration", "other = 1"),
        ("own", "print(reached)"),
        *CALM,
    )
    assert found.left_out == {3}
    assert found.reasons == {
        1: "it gives `x` to cell 2",
        2: "it gives `reached` to cell 4",
    }
    assert found.counting == {5, 6}


def test_an_answer_that_uses_what_a_demonstration_made_has_it() -> None:
    found = decided(("demonstration", "x = 3"), ("answer", "def f(y):\n    return x"), ("test", "f(1)"))
    assert found.reasons == {0: "it binds `x`, which cell 1 may read"}


def test_a_helper_that_a_student_added_counts_where_an_answer_calls_it() -> None:
    found = decided(("demonstration", "x = 3"), ("own", "def h():\n    return x"), ("answer", "def f(y):\n    return h()"), ("test", "f(1)"))  # fmt: skip
    assert found.counting == {0, 1, 2, 3}


def test_a_students_seed_counts_where_something_may_draw() -> None:
    cells: list[tuple[Role, str]] = [("own", "import torch\ntorch.manual_seed(3)"), ("answer", "w = torch.randn(2)")]
    assert 0 in decided(*cells, ("test", "w")).counting
    drawing = ("answer", "def w():\n    return torch.randn(2)")
    assert 0 not in decided(("own", "import numpy\nnumpy.random.seed(3)"), drawing, ("test", "w()")).counting


def test_lines_of_ipython_that_read_no_name_bring_nothing_back() -> None:
    for line in ("%matplotlib inline", "!pip install x", "%config InlineBackend.figure_format = 'svg'"):
        assert decided(("demonstration", "x = 3"), ("own", line), *CALM).left_out == {0}
    for line in ("%timeit x", "!echo $x", "%who", "!echo {x}"):
        assert decided(("demonstration", "x = 3"), ("own", line), *CALM).left_out == set()


def test_a_notebook_too_long_to_look_into_is_run_as_it_is() -> None:
    found = decided(("demonstration", "x = 1"), ("own", "y = 1\n" * 60_000), *CALM)
    assert found.left_out == set()
    assert "too long" in found.reasons[0]


def test_a_cell_nested_too_deeply_counts() -> None:
    deep = "x = " + "(" * 150 + "1" + ")" * 150 + " + 1" * 4000
    assert read(deep).problem
    assert decided(("demonstration", deep), *CALM).left_out == set()


# The lessons


@pytest.mark.parametrize("name", FOLDER.lesson_names())
def test_every_demonstration_of_a_lesson_can_be_left_out(name: str) -> None:
    (exam,) = exams_of(FOLDER, name)
    found = exam.leaving(exam.source)
    assert found.reasons == {}
    assert len(found.left_out) > 10


# The law: whatever stands in the cells, tests find the same with the demonstrations and without those left out.

MAKING = Path(__file__).with_name("statements.txt").read_text("utf-8")


def _stock(kind: str) -> list[str]:
    """The statements under a heading of statements.txt."""
    (section,) = re.findall(rf"^# # {kind}\n(.*?)(?=^# # |\Z)", MAKING, re.MULTILINE | re.DOTALL)
    return [part.strip("\n") for part in section.split("\n# %%\n") if part.strip()]


@st.composite
def notebooks(draw: st.DrawFn) -> list[tuple[Role, str]]:
    roles: st.SearchStrategy[Role] = st.sampled_from(["set-up", "answer", "own", "demonstration"])
    cells: list[tuple[Role, str]] = []
    for _ in range(draw(st.integers(1, 4))):
        cells.append((draw(roles), draw(st.sampled_from(_stock("making")))))
    for _ in range(draw(st.integers(1, 4))):
        role: Role = draw(st.sampled_from(["demonstration", "demonstration", "own"]))
        source = draw(st.sampled_from([*_stock("doing"), *_stock("making")]))
        cells.insert(draw(st.integers(0, len(cells))), (role, source))
    for _ in range(draw(st.integers(1, 2))):
        place = draw(st.integers(len(cells) // 2, len(cells)))
        cells.insert(place, ("test", draw(st.sampled_from(_stock("asking")))))
    return [("set-up", _stock("before")[0]), *cells]


@given(notebooks())
def test_tests_find_the_same_with_demonstrations_and_without(cells: list[tuple[Role, str]]) -> None:
    left_out = decided(*cells).left_out
    assert found_by_tests(cells, left_out) == found_by_tests(cells, frozenset())


def found_by_tests(cells: list[tuple[Role, str]], left_out: frozenset[int]) -> list[str]:
    """What the tests show when the cells run one after the other, as in one kernel."""
    names: dict[str, object] = {"__name__": "__main__"}
    shown = []
    with _as_before(), contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        for place, (role, source) in enumerate(cells):
            if place in left_out:
                continue
            try:
                if role == "test":
                    shown.append(_shown(eval(source, names)))
                else:
                    exec(source, names)
            except Exception as error:
                if role == "test":
                    shown.append(type(error).__name__)
    return shown


def _shown(value: object) -> str:
    return re.sub("0x[0-9a-f]+", "0x", repr(value))


@contextlib.contextmanager
def _as_before() -> Iterator[None]:
    """What the cells do to this process ends with them; generators begin alike, as the engine has them."""
    environment, tau, digits = dict(os.environ), math.tau, string.digits
    random.seed(0)
    with warnings.catch_warnings():
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(environment)
            math.tau, string.digits = tau, digits
