"""Courses written for nbgrader alone map as they are: their own answers earn full marks."""

import hashlib
import shutil
from pathlib import Path

import nbformat
import nbgrader
import pytest
from nbformat import NotebookNode, from_dict

from course.folder import CourseFolder
from course.grading.limits import Limits
from course.grading.plan.exam import Exam
from course.grading.plan.ownership import plan
from course.grading.plan.source import graded_source
from course.grading.protocol import Draw, StudentCell
from tests.grading.exam_fixture import Room
from tests.grading.notebooks import answer, code, graded, locked, markdown, notebook, written
from tests.grading.two_namespaces import grade


def user_guide(path: str) -> NotebookNode:
    """A notebook of nbgrader's own example course."""
    return nbformat.read(Path(nbgrader.__file__).parent / "docs/source/user_guide" / path, as_version=4)


def fetched(source: NotebookNode) -> dict[str, set[str]]:
    return {name: set(needs.fetch) for name, needs in plan(source).tests.items()}


def assert_full_marks(source: NotebookNode) -> None:
    outcomes = grade(source)
    assert outcomes
    assert outcomes == dict.fromkeys(outcomes, "")


def hashed(snippet: str, value: str, salt: str) -> str:
    """A line that nbgrader makes of `### HASHED AUTOTEST`."""
    digest = hashlib.sha1(value.encode() + salt.encode()).hexdigest()
    return f'assert sha1(str({snippet}).encode("utf-8")+b"{salt}").hexdigest() == "{digest}", "{snippet} is wrong"'


def test_nbgraders_example_course() -> None:
    source = user_guide("source/ps1/problem1.ipynb")
    assert fetched(source) == {
        "correct_squares": {"squares"},
        "squares_invalid_input": {"squares"},
        "sum_of_squares_uses_squares": {"sum_of_squares", "squares"},
        "correct_sum_of_squares": {"sum_of_squares"},
    }
    outcomes = grade(source)
    assert {name for name, outcome in outcomes.items() if outcome} == {"sum_of_squares_uses_squares"}
    assert plan(source).tests["sum_of_squares_uses_squares"].rebinds == {"squares"}


def test_autotests_made_by_nbgrader() -> None:
    lines = [
        "from hashlib import sha1",
        hashed("type(total)", "<class 'int'>", "a1"),
        hashed("total", "6", "a2"),
        hashed("sorted(map(str, word_count('b a b')))", "['a', 'b']", "a3"),
        'assert str(type(mean)) == """<class \'float\'>""", """type of mean is not float"""',
        'assert str(round(mean, 2)) == """2.0""", """value of mean is not correct"""',
        "print('Success!')",
    ]
    source = notebook(
        markdown("# Lists"),
        code("numbers = [1, 2, 3]"),
        answer("a", "total = sum(numbers)\nmean = total / len(numbers)"),
        answer("b", "def word_count(text):\n    return {w: text.split().count(w) for w in text.split()}"),
        graded("t", "\n".join(lines), points=4),
    )
    assert fetched(source) == {"t": {"total", "mean", "word_count"}}
    assert plan(source).tests["t"].prepare == ()
    assert_full_marks(source)


def test_variables_called_answer_in_every_exercise() -> None:
    source = notebook(
        code("import numpy as np\n%matplotlib inline"),
        code("A = np.arange(6).reshape(2, 3)\nb = np.ones(3)"),
        answer("q1", "answer = A @ b"),
        graded("t1", "assert answer.shape == (2,)\nnp.testing.assert_allclose(answer, A.sum(1))"),
        answer("q2", "answer = A.T.dot(answer)"),
        graded("t2", "np.testing.assert_allclose(answer, A.T @ (A @ b))"),
        answer("q3", "answer = 'three'"),
        graded("t3", "assert isinstance(answer, str)\nassert answer.lower() == 'three'"),
    )
    assert fetched(source) == {"t1": {"answer"}, "t2": {"answer"}, "t3": {"answer"}}
    assert_full_marks(source)


def test_helpers_in_answers_in_unmarked_cells_and_in_tests() -> None:
    source = notebook(
        code("def read_text():\n    return 'the cat the dog'\nTEXT = read_text()"),
        answer("tok", "import re\ndef tokens(text):\n    return re.findall(r'[a-z]+', text)"),
        code("def vocabulary(text):\n    return sorted(set(tokens(text)))\nvocabulary(TEXT)"),
        graded(
            "t1",
            "def check(got, want):\n    assert got == want, f'{got} is not {want}'\ncheck(tokens('a b'), ['a', 'b'])",
        ),
        answer("count", "from collections import Counter\ndef counts(text):\n    return dict(Counter(tokens(text)))"),
        graded("t2", "check(vocabulary(TEXT), ['cat', 'dog', 'the'])\ncheck(counts(TEXT)['the'], 2)"),
    )
    assert fetched(source) == {"t1": {"tokens"}, "t2": {"tokens", "counts"}}
    assert_full_marks(source)


def test_plots_and_printing_leave_the_data_with_the_instructor() -> None:
    source = notebook(
        code("import matplotlib\nmatplotlib.use('agg')\nimport matplotlib.pyplot as plt\nimport numpy as np"),
        code("t = np.linspace(0, 1, 20)\nclean = np.sin(t)"),
        answer("smooth", "def smooth(x, k):\n    return np.convolve(x, np.ones(k) / k, mode='same')"),
        code("fig, ax = plt.subplots()\nax.plot(t, smooth(clean, 3), label='mine')\nax.legend()\nplt.close(fig)"),
        code("print('error', np.abs(smooth(clean, 1) - clean).max())\nsmooth(clean, 1)"),
        graded("t1", "assert np.allclose(smooth(clean, 1), clean)\nassert len(smooth(clean, 3)) == len(t)"),
    )
    assert fetched(source) == {"t1": {"smooth"}}
    assert_full_marks(source)


def test_classes_with_a_base_from_the_instructor() -> None:
    source = notebook(
        code("class Shape:\n    sides = 0\n    def area(self):\n        raise NotImplementedError"),
        answer(
            "square",
            "class Square(Shape):\n    sides = 4\n    def __init__(self, a): self.a = a\n"
            "    def area(self): return self.a ** 2",
        ),
        code("shapes = [Square(1), Square(2)]\ntotal = sum(s.area() for s in shapes)"),
        graded("t1", "s = Square(3)\nassert s.area() == 9\nassert s.sides == 4\nassert Shape.sides == 0"),
        graded("t2", "assert total == 5\nassert s.a == 3"),
    )
    assert fetched(source) == {"t1": {"Square"}, "t2": {"total"}}
    assert_full_marks(source)


def test_a_training_loop_of_the_instructors_around_a_model_of_the_students() -> None:
    source = notebook(
        code(
            "import torch\nfrom torch import nn\ntorch.manual_seed(0)\n"
            "xs = torch.linspace(-1, 1, 32)[:, None]\nys = 2 * xs + 1"
        ),
        answer("model", "def make_model():\n    return nn.Linear(1, 1)"),
        code(
            "def train(model, epochs):\n    opt = torch.optim.SGD(model.parameters(), lr=0.5)\n"
            "    for _ in range(epochs):\n        loss = ((model(xs) - ys) ** 2).mean()\n        opt.zero_grad()\n"
            "        loss.backward()\n        opt.step()\n    return loss.item()"
        ),
        code("model = make_model()\nlast = train(model, 50)"),
        graded("t1", "assert last < 0.01\nassert torch.allclose(model(xs), ys, atol=0.2)"),
        graded("t2", "fresh = make_model()\nassert train(fresh, 50) < 0.01"),
    )
    assert fetched(source) == {"t1": {"last", "model"}, "t2": {"make_model"}}
    assert_full_marks(source)


def test_data_made_by_chance_in_an_unmarked_cell() -> None:
    source = notebook(
        code("import numpy as np\nnp.random.seed(42)"),
        code("X = np.random.randn(20, 3)\ny = X @ [1.0, 2.0, 3.0]"),
        answer("fit", "w = np.linalg.lstsq(X, y, rcond=None)[0]"),
        graded("t1", "assert np.allclose(X @ w, y)\nassert w.shape == (3,)"),
    )
    assert fetched(source) == {"t1": {"w"}}
    assert_full_marks(source)


DRAWN = notebook(
    locked("setup", "import random\nimport numpy as np\nrandom.seed(3)"),
    answer("g", "def g(v): return sorted(v)"),
    code("noise = [random.random() for _ in range(5)]\nrows = np.random.default_rng().normal(size=(4, 2))"),
    answer("a", "top = max(noise)\nlow = rows.min()"),
    graded("u", "assert g([2, 1]) == [1, 2]"),
    graded("t", "assert g(noise)[-1] == top and low == rows.min()"),
    answer("b", "high = rows.max()"),
    graded("v", "assert high == rows.max()"),
)


@pytest.mark.parametrize(
    ("first", "points"),
    [
        ("def g(v): return sorted(v)", 3),
        ("def g(v): return sorted(v)\nprint(random.random(), np.random.rand(3))", 3),
        ("def g(v): return sorted(v)\nnp.random.seed(5); random.seed(5)", 3),
        ("def g(v):\n    if len(v) == 2: __import__('os')._exit(3)\n    return sorted(v)", 2),  # its cells run again
    ],
)
def test_the_courses_draws_are_the_same_on_both_sides_whatever_the_student_draws(
    room: Room, first: str, points: float
) -> None:
    answers = {"g": first, "a": "top = sorted(noise)[-1]\nlow = min(rows.ravel())", "b": "high = max(rows.ravel())"}
    assert room.grade_other(DRAWN, answers).points == points


def test_a_drawing_cell_is_known_again_by_its_text_or_its_id() -> None:
    exam = Exam("other", "other", DRAWN, None, {}, Limits())

    def draw_of(exam: Exam, **changed: str) -> Draw | None:
        job = exam.cell_job(5, from_dict({**DRAWN.cells[2], **changed}))
        assert isinstance(job, StudentCell)
        return job.draw

    assert draw_of(exam, source=DRAWN.cells[2].source + "\nprint(len(noise))") == Draw(2, follows=True)
    assert draw_of(exam, id="another") == Draw(2, follows=True)
    assert draw_of(exam, id="another", source="noise = [random.random()]") is None
    assert draw_of(exam.graded(["u", "t", "v"])) is None


@pytest.mark.parametrize("name", ["autotest-simple", "autotest-multi", "test-with-output", "side-effects"])
def test_notebooks_from_nbgraders_own_tests_are_planned(name: str) -> None:
    source = nbformat.read(Path(nbgrader.__file__).parent / f"tests/apps/files/{name}.ipynb", as_version=4)
    assert all(not needs.problem for needs in plan(source).tests.values())


@pytest.mark.slow
def test_autotest_lines_are_made_tests_before_they_are_mapped(tmp_path: Path) -> None:
    files = Path(nbgrader.__file__).parent / "tests/apps/files"
    (tmp_path / "source/ps1").mkdir(parents=True)
    (tmp_path / "nbgrader_config.py").write_text(f"c = get_config()\nc.CourseDirectory.root = {str(tmp_path)!r}\n")
    shutil.copy(files / "autotests.yml", tmp_path / "source/ps1")
    path = tmp_path / "source/ps1/simple.ipynb"
    shutil.copy(files / "autotest-simple.ipynb", path)
    source = graded_source(CourseFolder(tmp_path), "ps1", path)
    assert "AUTOTEST" not in "".join(cell.source for cell in source.cells)
    assert_full_marks(source)


def test_points_by_the_last_expression_hidden_tests_and_answers_in_words(room: Room) -> None:
    source = notebook(
        answer("f", "def f(): return 1"),
        graded("by_value", "score = 0\nif f() == 1:\n    score += 1.5\nscore", points=3),
        graded("numpy", "import numpy as np\nnp.float64(0.5) * f()", points=2),
        graded("below", "-1 * f()", points=2),
        graded("above", "f() * 7", points=2),
        graded("text", "'well done' if f() == 1 else 1/0", points=2),
        graded("hidden", "assert f() > 0\n### BEGIN HIDDEN TESTS\nassert f() == 2, 'CANARY'\n### END HIDDEN TESTS"),
        graded("shown", "import sys\nprint('careful', file=sys.stderr)\nassert f() == 1"),
        written("why", "Because."),
    )
    verdict = room.grade_other(source, {"f": "def f():\n    return 1", "why": "So."})
    assert {cell.grade_id: cell.earned for cell in verdict.cells} == {
        "by_value": 1.5, "numpy": 0.5, "below": 0, "above": 2, "text": 2, "hidden": 0, "shown": 1, "why": None,
    }  # fmt: skip


def test_a_call_in_plain_asserts_may_take_as_long_as_a_cell(room: Room) -> None:
    source = notebook(answer("f", "def f(): return 1"), graded("t", "assert f() == 1"))
    slow = {"f": "import time\ndef f():\n    time.sleep(1.5)\n    return 1"}
    assert room.grade_other(source, slow).points == 1
    assert room.grade_other(source, slow, call_s=0.5).points == 0


def test_a_name_that_the_student_bound_to_the_courses_checks_is_not_believed(room: Room) -> None:
    source = notebook(
        code("import math\ndef near(a, b):\n    return math.isclose(a, b)"),
        answer("f", "def f(): return 1"),
        graded("t", "assert near(f(), 1)\nassert round(f()) == 1 and abs(f() - 1) < 1"),
    )
    lie = "near = abs = round = lambda *a: True\nmath = None\ndef f():\n    return 5.0"
    assert room.grade_other(source, {"f": lie}).points == 0
