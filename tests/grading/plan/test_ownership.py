"""The source notebook says which names a test takes from the student and what the instructor's side runs itself."""

import copy
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from course.errors import CourseError
from course.grading.plan.ownership import Needs, plan
from course.grading.plan.steps import steps_of
from tests.grading.notebooks import answer, code, graded, locked, markdown, norms, notebook, written
from tests.grading.two_namespaces import grade


def needs_of(*cells: NotebookNode, test: str = "t") -> Needs:
    return plan(notebook(*cells)).tests[test]


def fetched(*cells: NotebookNode, test: str = "t") -> set[str]:
    return set(needs_of(*cells, test=test).fetch)


def prepared(*cells: NotebookNode) -> str:
    """Everything that the instructor's side runs, in order."""
    return "\n".join(piece for needs in plan(notebook(*cells)).tests.values() for piece in needs.prepare)


def assert_passes(*cells: NotebookNode) -> None:
    outcomes = grade(notebook(*cells))
    assert outcomes
    assert outcomes == dict.fromkeys(outcomes, "")


# Whose a name is


def test_a_name_that_an_answer_binds_is_the_students() -> None:
    assert fetched(answer("a", "def f(x): return x"), graded("t", "assert f(1) == 1")) == {"f"}


def test_an_import_is_the_instructors_even_in_an_answer() -> None:
    cells = (answer("a", "import math\nfrom os import path as p\nx = math.pi"), graded("t", "assert x == math.pi; p"))
    assert fetched(*cells) == {"x"}
    assert prepared(*cells) == "import math\nfrom os import path as p"


def test_an_import_of_a_file_that_is_no_package_is_the_students() -> None:
    cells = (code("import my_helpers_of_ps1"), graded("t", "assert my_helpers_of_ps1.f(1)"))
    assert fetched(*cells) == {"my_helpers_of_ps1"}
    with_file = plan(notebook(*cells), provided=["my_helpers_of_ps1"]).tests["t"]
    assert with_file.fetch == ()
    assert with_file.prepare == ("import my_helpers_of_ps1",)


def test_an_import_that_may_fail_counts_as_an_import() -> None:
    cells = (answer("a", "try:\n    import math\nexcept ImportError:\n    math = None"), graded("t", "math.pi"))
    assert fetched(*cells) == set()


def test_a_setup_cell_is_run_anew() -> None:
    cells = (
        locked("s", "import math\nrows = [1, 2]\nunused = 3"),
        answer("a", "y = sum(rows)"),
        graded("t", "y, rows"),
    )
    assert fetched(*cells) == {"y"}
    assert prepared(*cells) == "rows = [1, 2]"


def test_only_what_a_test_rests_on_is_run() -> None:
    setup = locked("s", "a = 1\nb = a + 1\nc = 5\ndef double(x):\n    return x * factor\nfactor = 2")
    cells = (setup, answer("x", "y = 1"), graded("t", "assert double(b) == 4"))
    assert prepared(*cells) == "a = 1\nb = a + 1\ndef double(x):\n    return x * factor\nfactor = 2"
    assert_passes(*cells)


def test_the_last_binding_before_the_test_counts() -> None:
    cells = (
        locked("s1", "x = 1"),
        graded("t1", "assert x == 1"),
        answer("a", "x = 2"),
        graded("t2", "assert x == 2"),
        locked("s2", "x = 3"),
        graded("t3", "assert x == 3"),
    )
    assert [fetched(*cells, test=name) for name in ("t1", "t2", "t3")] == [set(), {"x"}, set()]
    assert_passes(*cells)


def test_what_is_made_from_an_answer_is_the_students() -> None:
    cells = (answer("a", "def f(x): return x"), locked("s", "z = 3\ny = f(2)"), graded("t", "assert y + z == 5"))
    assert fetched(*cells) == {"y"}
    assert prepared(*cells) == "z = 3"


def test_a_function_of_the_courses_that_calls_an_answer_stays_the_courses() -> None:
    cells = (
        answer("a", "def f(x): return x"),
        locked("s", "def g(x): return f(x) + 1\ndef h(x): return g(x)"),
        graded("t", "assert h(1) == 2"),
    )
    assert fetched(*cells) == {"f"}
    assert prepared(*cells) == "def g(x): return f(x) + 1\ndef h(x): return g(x)"
    assert_passes(*cells)


def test_a_helper_that_reads_an_answer_given_only_later_stays_the_courses() -> None:
    cells = (
        locked("s", "def close(x): return abs(x - answer) < 1"),
        answer("a", "answer = 42"),
        graded("t", "assert close(42.5)"),
    )
    assert fetched(*cells) == {"answer"}
    assert_passes(*cells)


def test_functions_that_call_each_other_are_told_apart_rightly() -> None:
    setup = "def even(n): return n == 0 or odd(n - 1)\ndef odd(n): return n != 0 and even(n - 1) and tell(n)"
    cells = (locked("s", setup), answer("a", "def tell(n): return True"), graded("t", "even, odd"))
    assert fetched(*cells) == {"tell"}


@pytest.mark.parametrize(
    "definition",
    [
        "near = lambda x: abs(f(x) - TOL) < 1",
        "class Near:\n    def __call__(self, x): return abs(f(x) - TOL) < 1",
        "import functools\n@functools.cache\ndef near(x, most=TOL): return f(x) < most",
        "async def near(x): return f(x)",
    ],
)
def test_what_the_course_defines_is_its_own_and_what_it_computes_with_an_answer_is_not(definition: str) -> None:
    name = "Near" if "class" in definition else "near"
    cells = (locked("s", f"TOL = 3\n{definition}"), answer("a", "def f(x): return x"), graded("t", f"{name}, TOL"))
    assert fetched(*cells) == {"f"}
    assert definition.removeprefix("import functools\n") in prepared(*cells)
    made = locked("m", f"y = {name}(1)")
    assert fetched(*cells[:-1], made, graded("t", f"y, {name}")) == {"f", "y"}


@pytest.mark.parametrize(
    "definition",
    [
        "def near(x=f): return x",
        "@f\ndef near(x): return x",
        "class near(f): pass",
        "near = f",
        "def near(): ...\nnear.x = f(1)",
    ],
)
def test_a_definition_in_which_an_answer_takes_part_is_the_students(definition: str) -> None:
    cells = (answer("a", "def f(x): return x"), locked("s", definition), graded("t", "near"))
    assert fetched(*cells) == {"near"}


def test_a_function_that_an_answer_gives_anew_is_the_students() -> None:
    cells = (locked("s", "def g(x): return f(x)"), answer("a", "f = abs\ndef g(x): return 1"), graded("t", "g, f"))
    assert fetched(*cells) == {"f", "g"}


def test_a_mixed_cell_is_split_by_statements() -> None:
    demo = code("values = [3, 1, 2]\nprint(values)\nordered = my_sort(values)\nlimit = 3\nprint(ordered)")
    cells = (answer("a", "def my_sort(v): return sorted(v)"), demo, graded("t", "assert ordered[-1] == limit"))
    assert fetched(*cells) == {"ordered"}
    assert prepared(*cells) == "limit = 3"
    assert_passes(*cells)


def test_a_name_bound_in_a_branch_keeps_its_earlier_value_as_well() -> None:
    cells = (locked("s", "x = 1"), code("if x > 5:\n    x = 2"), graded("t", "assert x == 1"))
    assert prepared(*cells) == "x = 1\nif x > 5:\n    x = 2"
    assert fetched(locked("s", "x = 1"), answer("a", "if x:\n    x = 2"), graded("t", "assert x")) == {"x"}


def test_the_source_decides_not_the_submission() -> None:
    source = notebook(
        code("data = [1, 2, 3]"), answer("a", "def f(x): return len(x)"), graded("t", "assert f(data) == 3")
    )
    forged = copy.deepcopy(source)
    forged.cells[0].source = "data = []"
    forged.cells[1].source = "def f(x): return 0 if x else 3"
    assert grade(source, forged)["t"].startswith("AssertionError")


def test_builtins_are_not_names_of_the_notebook_unless_it_binds_them() -> None:
    assert fetched(answer("a", "x = 1"), graded("t", "assert max([x, 0]) == 1; display(x); get_ipython()")) == {"x"}
    assert fetched(answer("a", "def max(v): return 3"), graded("t", "assert max([]) == 3")) == {"max"}


def test_a_name_that_nothing_binds_is_asked_of_the_student() -> None:
    assert fetched(code("%run helpers.py"), graded("t", "assert helper(1)")) == {"helper"}


def test_a_star_import_may_have_brought_a_name() -> None:
    cells = (code("from math import *"), answer("a", "y = sqrt(4)"), graded("t", "assert y == sqrt(4) == floor(2.5)"))
    assert fetched(*cells) == {"y"}
    assert prepared(*cells) == "from math import *"
    assert_passes(*cells)


def test_imports_of_submodules_add_up() -> None:
    cells = (code("import os\nimport os.path\nimport xml.dom"), graded("t", "os.path; xml.dom"))
    assert prepared(*cells) == "import os\nimport os.path\nimport xml.dom"


# What a test reads


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("assert f(1)", {"f"}),
        ("for f in [1]: assert f", set()),
        ("assert [f for f in [1]]", set()),
        ("assert [f for g in [1]]", {"f"}),
        ("assert (lambda f: f)(1)", set()),
        ("def check(x):\n    return f(x)\nassert check(1)", {"f"}),
        ("def f(x): return x\nassert f(1)", set()),
        ("x = f\nf = 2\nassert x, f", {"f"}),
        ("if (f := 3): assert f", set()),
        ("class C:\n    f = 1\n    def m(self): return f", {"f"}),
        ("with open('/dev/null') as f: f.read()", set()),
        ("try:\n    f(1)\nexcept ValueError as e:\n    assert 'x' in str(e)", {"f"}),
        ("match 3:\n    case int(f): pass", set()),
        ("match f(1):\n    case {'a': 1, **rest}: pass", {"f"}),
        ("f += 1", {"f"}),
        ("assert 'f' in globals()", {"f"}),
        ("assert eval('f(1)') == 1", {"f"}),
        ("%timeit f(1)\n!ls\nassert f", {"f"}),
        ("%%time\nassert f(1)", {"f"}),
        ("print(f'{f(1):>{g}}')", {"f", "g"}),
        ("import f\nassert f", set()),
        ("@f\ndef decorated(x=g): pass", {"f", "g"}),
        ("global f\nassert f", {"f"}),
        ("async def wait():\n    async for x in f(1): pass", {"f"}),
    ],
)
def test_a_test_reads_what_it_does_not_bind_before(source: str, names: set[str]) -> None:
    assert fetched(answer("a", "f = 1\ng = 2"), graded("t", source)) == names


def test_what_a_test_binds_stays_with_the_examiner() -> None:
    cells = (
        answer("a", "def f(x): return x + 1"),
        graded("t1", "expected = [2, 3]\ndef agree(xs): return [f(x) for x in xs] == expected\nassert agree([1, 2])"),
        graded("t2", "expected = [0]\nassert agree([-1])"),
        answer("b", "def f(x): return x + 2"),
        graded("t3", "assert not agree([-1])"),
    )
    assert fetched(*cells, test="t2") == {"f"}
    assert fetched(*cells, test="t3") == {"f"}
    assert_passes(*cells)


def test_a_setup_after_a_test_may_read_what_the_test_bound() -> None:
    cells = (graded("t1", "base = 2"), locked("s", "more = base + 1"), graded("t2", "assert more == 3"))
    assert_passes(*cells)


def test_a_test_that_takes_a_function_away_from_another_says_so() -> None:
    cells = (
        answer("a", "def f(x): return x"),
        answer("b", "def g(x): return f(x)"),
        graded("t", "kept = f\ndel f\ntry:\n    g(1)\nfinally:\n    f = kept"),
        graded("u", "x = f(1)\ng = g(2)"),
    )
    assert needs_of(*cells).rebinds == {"f"}
    assert needs_of(*cells, test="u").rebinds == set()


def test_an_answer_takes_a_name_back_from_a_test() -> None:
    cells = (graded("t1", "x = 1"), answer("a", "x = 2"), graded("t2", "assert x == 2"))
    assert fetched(*cells, test="t2") == {"x"}


# What is changed in place


def test_a_list_that_an_answer_fills_is_the_students() -> None:
    cells = (code("found = []"), answer("a", "found.append(3)"), graded("t", "assert found == [3]"))
    assert fetched(*cells) == {"found"}


@pytest.mark.parametrize(
    "change", ["d['a'] = f(1)", "d.x = f(1)", "del d['a'], f", "d |= f(1)", "d.update(f(1))", "f(d)"]
)
def test_what_an_answer_may_have_changed_is_the_students(change: str) -> None:
    cells = (code("d = {'a': 1}"), answer("a", "f = dict"), code(f"{change}\n0"), graded("t", "assert d"))
    assert fetched(*cells) == {"d"}


def test_a_locked_name_follows_what_surely_changes_it_only() -> None:
    setup, given = locked("s", "d = [1]"), answer("a", "def f(x): return x")
    assert fetched(setup, given, code("f(d)\n0"), graded("t", "assert d")) == set()
    assert fetched(setup, given, code("d.append(f(1))"), graded("t", "assert d")) == {"d"}


def test_data_that_an_answer_only_looks_at_stays_the_instructors() -> None:
    cells = (
        code("import numpy as np\nimport matplotlib.pyplot as plt"),
        code("xs = np.array([1.0, 2.0])\nys = xs ** 2"),
        answer("a", "def fit(x, y):\n    return (x * y).sum() / (x * x).sum()"),
        code("slope = fit(xs, ys)\nplt.plot(xs, slope * xs)\nplt.title('fit')\nprint(slope, xs)\nfit(xs, ys)"),
        graded("t", "np.testing.assert_allclose(fit(xs, ys), (xs @ ys) / (xs @ xs))"),
    )
    assert fetched(*cells) == {"fit"}
    assert "plt" not in prepared(*cells).replace("import matplotlib.pyplot as plt", "")


def test_weights_that_an_answer_trains_are_the_students() -> None:
    train = "def train(w, steps):\n    for _ in range(steps):\n        w -= 1\n    return w"
    cells = (code("w = [3]\nv = [4]"), answer("a", train), code("loss = train(w, 2)\n0"), graded("t", "assert w, v"))
    assert fetched(*cells) == {"w"}


def test_an_optimiser_reaches_the_weights_that_it_was_made_of() -> None:
    cells = (
        code("import torch\nw = torch.zeros(2, requires_grad=True)\nopt = torch.optim.SGD([w], lr=0.1)"),
        answer("a", "def loss_of(w): return (w - 1).pow(2).sum()"),
        code("for _ in range(3):\n    loss = loss_of(w)\n    loss.backward()\n    opt.step()"),
        graded("t", "assert w.mean() > 0"),
    )
    assert fetched(*cells) == {"w"}


@pytest.mark.parametrize(
    "trained",
    [
        "loss = F.mse_loss(w, aim)\n    loss.backward()\n    opt.step()",
        "F.mse_loss(w, aim).backward()\n    opt.step()",
        "loss, seen = F.mse_loss(w, aim), []\n    seen.append(loss)\n    loss.backward()",
    ],
)
def test_a_training_loop_changes_no_library_that_it_calls(trained: str) -> None:
    """Else every test that reads the library would run the demonstration first."""
    cells = (
        code("import torch\nimport torch.nn.functional as F"),
        code("w, aim = torch.zeros(2, requires_grad=True), torch.ones(2)\nopt = torch.optim.SGD([w], lr=0.1)"),
        code(f"for _ in range(3):\n    {trained}"),
        answer("a", "def double(x): return 2 * x"),
        graded("t", "assert torch.equal(F.relu(double(torch.ones(2))), 2 * torch.ones(2))"),
    )
    assert fetched(*cells) == {"double"}
    assert "range" not in prepared(*cells)


def test_what_the_instructor_changes_is_changed_in_the_examiner_too() -> None:
    cells = (
        locked("s", "import random\nacc = [3, 1, 2]\ndef grow(items):\n    items.append(0)"),
        locked("s2", "acc.sort()\ngrow(acc)\nfor i in range(2):\n    acc[0] += i"),
        graded("t", "assert acc == [2, 2, 3, 0]"),
    )
    assert fetched(*cells) == set()
    assert_passes(*cells)


@pytest.mark.parametrize(
    "line",
    [
        "[log for log in range(3)]",
        "show = lambda log: log",
        "def inner():\n        log = 3",
        "class Inner:\n        log = 3",
    ],
)
def test_a_function_changes_what_an_inner_scope_of_it_calls_by_the_same_name(line: str) -> None:
    setup = locked("s", f"log = []\ndef note(x):\n    {line}\n    log.append(x)")
    assert prepared(setup, locked("s2", "note(3)"), graded("t", "assert log == [3]")).endswith("note(3)")


@pytest.mark.parametrize(
    "line",
    [
        "import collections as log",
        "def log(): pass",
        "match [x]:\n        case [*log]:\n            pass",
        "try:\n        int(x)\n    except ValueError as log:\n        pass",
    ],
)
def test_a_function_changes_no_name_of_the_notebook_that_it_binds_itself(line: str) -> None:
    setup = code(f"log = [3]\ndef note(x):\n    {line}\n    log.append(x)")
    assert fetched(setup, answer("a", "note(3)"), graded("t", "assert log == [3]")) == set()


def test_a_global_that_a_function_of_an_answer_sets_is_the_students() -> None:
    cells = (
        code("count = 0"),
        answer("a", "def tick():\n    global count\n    count += 1"),
        code("tick()"),
        graded("t", "assert count == 1"),
    )
    assert fetched(*cells) == {"count"}
    assert_passes(*cells)


def test_settings_of_a_module_are_made_in_the_examiner_but_not_by_students() -> None:
    cells = (
        code("import decimal\ndecimal.getcontext()\ndecimal.setcontext(decimal.Context(prec=5))\n0"),
        answer("a", "decimal.setcontext(decimal.Context(prec=2))\nx = 1"),
        graded("t", "decimal.Decimal(x)"),
    )
    assert fetched(*cells) == {"x"}
    assert "prec=5" in prepared(*cells)
    assert "prec=2" not in prepared(*cells)


# Chance


def test_random_data_behind_the_students_values_is_drawn_alike_on_both_sides() -> None:
    cells = (
        code("import random"),
        locked("s", "noise = [random.random() for _ in range(3)]"),
        answer("a", "top = max(noise)"),
        graded("t", "assert top == max(noise)"),
    )
    assert fetched(*cells) == {"top"}
    assert needs_of(*cells).draws == {1}
    assert_passes(*cells)


def test_random_data_that_only_the_test_uses_is_drawn_anew() -> None:
    cells = (
        code("import random"),
        locked("s", "noise = [random.random() for _ in range(3)]"),
        answer("a", "def top(values): return max(values)"),
        graded("t", "assert top(noise) == max(noise)"),
    )
    assert fetched(*cells) == {"top"}
    assert_passes(*cells)


def test_random_data_seeded_in_its_own_cell_is_the_same_on_both_sides() -> None:
    cells = (
        code("import random"),
        locked("s", "random.seed(1)\nrandom.random()\nother = random.random()\nnoise = random.random()"),
        answer("a", "y = noise"),
        graded("t", "assert y == noise"),
    )
    assert fetched(*cells) == {"y"}
    assert_passes(*cells)


def test_a_seed_in_another_cell_counts_with_all_that_was_drawn_since() -> None:
    cells = (
        code("import random\nrandom.seed(1)"),
        code("other = random.random()"),
        answer("a", "mine = random.random()"),
        code("noise = random.random()"),
        answer("b", "y = noise"),
        graded("t", "r = random.Random(1)\nr.random()\nassert y == noise == r.random()"),
    )
    whole = plan(notebook(*cells))
    assert whole.tests["t"].fetch == ("y",)
    assert whole.tests["t"].draws == {0, 1, 3}
    assert whole.follows == {1, 3}
    assert_passes(*cells)


HELPERS = {
    "a function": ("def near(a, b): return abs(a - b) < 1 + TOL", "assert near(f(2), 6)"),
    "a default": ("def near(a, b, most=TOL): return abs(a - b) < 1 + most", "assert near(f(2), 6)"),
    "a class": ("class near:\n    most = TOL\n    def __new__(c, a, b): return abs(a - b) < 1", "assert near(f(2), 6)"),
    "a lambda": ("near = lambda a, b: abs(a - b) < 1 + TOL", "assert near(f(2), 6)"),
    "a function of a function": (
        "def low(a): return a < TOL + 1\ndef near(a, b): return low(abs(a - b))",
        "assert near(f(2), 6)",
    ),
    "a number": ("near = TOL", "assert abs(f(2) - 6) < 1 + near"),
    "a container": ("near = {'most': [TOL]}", "assert abs(f(2) - 6) < 1 + near['most'][0]"),
}


@pytest.mark.parametrize(("helper", "test"), HELPERS.values(), ids=HELPERS)
@pytest.mark.parametrize(
    "drawn",
    [
        "import random\nTOL = random.random()",
        "import random\nmade = random.Random()\nTOL = made.random()",
        "import numpy as np\nTOL = np.random.default_rng().random()",
        "import random\nrandom.seed(f)\nTOL = random.random()",
        "import os\nTOL = os.urandom(1)[0] / 256",
    ],
)
def test_no_draw_makes_what_the_course_wrote_the_students(helper: str, test: str, drawn: str) -> None:
    given = answer("a", "f = 1") if "seed(f)" in drawn else code("f = 1")
    cells = (
        given,
        locked("s", f"{drawn}\n{helper}"),
        answer("b", "def f(x): return TOL * 0 + 3 * x"),
        graded("t", test),
    )
    assert fetched(*cells) == {"f"}
    assert_passes(*cells)


@pytest.mark.parametrize(
    ("drawn", "repeatable"),
    [
        ("x = random.random()", True),
        ("x = random.Random().random()", True),
        ("x = np.random.default_rng().normal()", True),
        ("rng = np.random.RandomState()\ny = rng.rand()\nx = rng.rand()", True),
        ("random.seed(1)\nf(1)\nx = random.random()", True),
        ("x = os.urandom(3)", False),
        ("x = random.SystemRandom().random()", False),
        ("x = secrets.randbelow(9)", False),
        ("random.seed()\nx = random.random()", False),
        ("random.seed(os.urandom(3))\nx = random.random()", False),
        ("y = f(random.random())\nx = random.random()", False),
        ("random.seed(0)\ny = f(random.random())\nx = random.random()", False),
    ],
)
def test_what_cannot_be_drawn_alike_says_so_where_both_sides_read_it(drawn: str, repeatable: bool) -> None:
    setup, given = code("import os, random, secrets\nimport numpy as np"), answer("a", "def f(v): return v")
    read = (setup, given, code(drawn), answer("b", "top = x"), graded("t", "assert top == x"))
    needs = needs_of(*read)
    assert needs.fetch == ("top",)
    assert bool(needs.unrepeatable) != repeatable
    alone = (setup, given, code(drawn), graded("t", "assert f(x) == x"))
    assert not needs_of(*alone).unrepeatable
    if repeatable:
        assert_passes(*read)


def test_a_generator_of_the_notebooks_goes_on_on_both_sides() -> None:
    cells = (
        locked("s", "import numpy as np\nrng = np.random.default_rng()"),
        code("first = rng.normal(size=3)"),
        answer("a", "def f(v): return sum(v)"),
        locked("s2", "second = rng.normal(size=3)"),
        answer("b", "total = f(second)"),
        graded("t", "assert total == sum(second)"),
    )
    assert fetched(*cells) == {"total"}
    assert needs_of(*cells).draws == {0, 1, 3}
    assert_passes(*cells)


def test_a_generator_that_an_answer_draws_from_cannot_be_followed() -> None:
    cells = (
        locked("s", "import random\nrng = random.Random()"),
        answer("a", "mine = rng.random()"),
        locked("s2", "second = rng.random()"),
        answer("b", "y = second"),
        graded("t", "assert y == second"),
    )
    assert "second" in needs_of(*cells).unrepeatable
    assert fetched(*cells) == {"y"}


def test_random_numbers_with_their_own_seed_are_the_same_on_both_sides() -> None:
    cells = (
        code("import numpy as np"),
        code("rng = np.random.default_rng(0)\nx = rng.normal(size=3)"),
        answer("a", "y = x * 2"),
        graded("t", "assert (y == 2 * x).all()"),
    )
    assert_passes(*cells)


# Order, pieces, problems


def test_pieces_run_once_and_in_the_order_of_the_source() -> None:
    cells = (
        locked("s1", "log = []"),
        locked("s2", "log.append(1)"),
        graded("t1", "assert 1"),
        locked("s3", "log.append(2)"),
        graded("t2", "assert log == [1, 2]"),
    )
    tests = plan(notebook(*cells)).tests
    assert [needs.prepare for needs in tests.values()] == [("log = []", "log.append(1)"), ("log.append(2)",)]
    assert [needs.prepared_in for needs in tests.values()] == [(0, 1), (3,)]
    assert tests["t1"].needs == set()
    assert tests["t2"].needs == {0, 1, 3}
    assert_passes(*cells)


def test_a_piece_is_the_statements_own_text() -> None:
    setup = (
        "import functools; unused = 'é'; x = 'ü'; z = 1\n# a comment\n@functools.cache\ndef f():\n    '''Ä\n  text'''\n"
    )
    cells = (locked("s", setup), graded("t", "assert x == 'ü' and f() is None"))
    assert prepared(*cells) == ("import functools\nx = 'ü'\n@functools.cache\ndef f():\n    '''Ä\n  text'''")


def test_a_test_that_is_not_python_says_so() -> None:
    assert "not Python" in needs_of(graded("t", "%%bash\nls")).problem
    assert "not Python" in needs_of(graded("t", "assert (")).problem
    assert needs_of(graded("t", "### only a comment")).problem == ""


def test_broken_cells_elsewhere_do_no_harm() -> None:
    assert fetched(code("def ("), code("%%html\n<b>"), answer("a", "x = 1"), graded("t", "assert x")) == {"x"}


def test_a_notebook_in_another_language_is_refused() -> None:
    node = notebook(graded("t", "x <- 1"))
    node.metadata.kernelspec.language = "R"
    with pytest.raises(CourseError, match="in R"):
        plan(node)


def test_answers_in_words_and_prose_have_no_part_in_it() -> None:
    assert set(plan(norms()).tests) == {"norm_tests", "mean_tests", "spread_tests"}
    assert needs_of(markdown("# x"), written("w", "x"), graded("t", "assert True")).fetch == ()


def test_a_hand_graded_answer_is_the_students() -> None:
    essay = code("total = 3", grade_id="essay", grade=True, solution=True, points=2)
    assert fetched(essay, graded("t", "assert total == 3")) == {"total"}


def test_a_long_notebook_is_planned_quickly() -> None:
    steps = [code(f"x = x + {i}\ny{i} = f(x)") for i in range(300)]
    assert fetched(code("x = 0"), answer("a", "f = abs"), *steps, graded("t", "y299, x")) == {"y299"}


WORDS = ["f(", ")", "x", "=", "\n", "  ", "def ", ":", "%%", "!", "lambda", " "]
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])) | st.lists(st.sampled_from(WORDS)).map(
    "".join
)


@given(TEXTS)
@settings(deadline=None)
def test_no_text_in_a_cell_stops_the_planning(text: str) -> None:
    tests = plan(notebook(code(text), answer("a", text), locked("s", text), graded("t", text))).tests
    assert set(tests) == {"t"}


# Which members may be asked for


@pytest.mark.parametrize(
    ("code_", "members"),
    [
        ("class V:\n    size: int = 0\n    def add(self, other): self.total = 1", {"size", "add", "total"}),
        ("from types import SimpleNamespace\nr = SimpleNamespace(abs=1)", {"abs"}),
        ("from collections import namedtuple\nR = namedtuple('R', 'low, all')", {"low", "all", "R"}),
        ("x.eq(y); z = x.allclose(y)", set()),
    ],
)
def test_members_are_what_the_courses_code_defines_and_not_what_it_reads(code_: str, members: set[str]) -> None:
    assert needs_of(answer("a", code_), graded("t", "v.sub(1)")).members == members


@pytest.mark.parametrize("base", ["list", "dict[str, int]", "collections.deque"])
def test_a_class_has_the_methods_of_the_type_of_pythons_that_it_is_derived_from(base: str) -> None:
    members = needs_of(answer("a", f"class Stack({base}):\n    def peek(self): ..."), graded("t", "v.pop()")).members
    assert {"peek", "pop", "copy"} <= members


def test_a_function_of_a_students_own_module_may_have_any_name() -> None:
    cells = (code("import my_helpers_of_ps1"), graded("t", "assert my_helpers_of_ps1.add(1, 2) == 3"))
    assert needs_of(*cells).members == {"add"}


# A library is nobody's


LIBRARY = {
    "a shuffle for its effect": ("import numpy as np", "data = np.arange(9)\nnp.random.shuffle(data)", "np"),
    "weights made at random": ("from torch import nn", "w = nn.Linear(2, 2)\nnn.init.normal_(w.weight)", "nn"),
    "weights of an answer's module made at random": ("from torch import nn", "nn.init.normal_(f(1))", "nn"),
    "a random module of its own": ("import random", "random.shuffle([1, 2])", "random"),
    "a setting made at random": ("import torch", "torch.set_num_threads(torch.randint(1, 3, ()))", "torch"),
    "a member set from an answer": ("from torch import nn", "nn.Mine = f", "nn"),
    "a member that calls an answer": ("from torch import nn", "nn.Mine = lambda x: f(x)", "nn"),
    "another name": ("import torch", "nn = torch.nn\nnn.init.normal_(f(1))", "nn"),
    "another name for one thing in it": ("import torch", "rand = torch.rand\ny = rand(3)", "rand"),
    "an import that may fail": (
        "try:\n    import numpy as np\nexcept ImportError:\n    pass",
        "np.random.shuffle(f(1))",
        "np",
    ),
    "an import in an answer": ("x = 1", "import numpy as np\nnp.random.shuffle(f(1))", "np"),
}


@pytest.mark.parametrize(("imports", "demo", "name"), LIBRARY.values(), ids=LIBRARY)
@pytest.mark.parametrize("form", ["def f(x): return {}", "def f(x: {}): return x", "class f({}.Module): ...", "f = {}"])
def test_a_library_is_never_taken_from_the_student(imports: str, demo: str, name: str, form: str) -> None:
    setup = locked("s", imports)
    answered = answer("a", form.format(name))
    cells = (setup, answered, code(demo), answer("b", f"def g(x): return f(x), {name}"), graded("t", f"{name}, f, g"))
    assert fetched(*cells) == {"f", "g"}
    assert not re.search(r"\bf\b(?!rom)", prepared(*cells))


def test_what_the_course_sets_in_a_library_is_set_on_both_sides() -> None:
    cells = (
        locked("s", "import torch\ndevice = 'cpu'\ntorch.set_default_device(device)\ntorch.set_printoptions(2)\nx = 1"),
        answer("a", "def f(x): return x"),
        graded("t", "f(torch.ones(1))"),
    )
    assert "torch.set_default_device(device)\ntorch.set_printoptions(2)" in prepared(*cells)
    assert "device = 'cpu'" in prepared(*cells)


def test_a_decorator_in_brackets_belongs_to_its_definition() -> None:
    code = "@(\n    functools.lru_cache\n)\ndef f(x):\n    return x"
    steps = steps_of(new_notebook(cells=[new_code_cell(f"import functools\n{code}")]), (), None)
    assert [step.code for step in steps.all] == ["import functools", code]
