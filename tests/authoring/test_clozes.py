"""Cloze cells of a lesson: what they become, and what is wrong with some."""

from collections.abc import Callable

import pytest

from course.authoring import clozes
from course.authoring.lesson import Lesson, read
from course.authoring.notebook import source_notebook
from course.authoring.preprocess import ClearBlanks
from course.cloze.magic import as_python
from tests.authoring.conftest import Make

SETUP = "# %% setup\nfrom course import checks, cloze\n\ncloze.enable()\n"
CELL = '# %% cloze="step"\n# | p -= {{lr||rate::the step size}} * p.{{grad}}\n# |\n# | %%timeit\n'
TEXT = f"# %% [markdown]\n# # Cards\n\n{SETUP}\n# %% [markdown]\n# ### Exercise: a step\n# difficulty 1/5 · 1 minute · cards: c\n\n{CELL}"
CARDS = "- id: c\n  front: a\n  back: b\n"
Complaints = Callable[..., list[str]]


@pytest.fixture
def lesson(make: Make) -> Lesson:
    return read(make(text=TEXT, cards=CARDS))


def test_one_cell_is_an_exercise_with_one_point_a_blank(lesson: Lesson) -> None:
    (exercise,) = lesson.exercises
    assert exercise.solution.source == "%%cloze step\np -= lr * p.grad\n\n%%timeit"
    assert exercise.points == lesson.points == 2
    assert [answer.source.split("\n")[1] for answer in exercise.right] == ["p -= rate * p.grad"]
    assert [(answer.description, answer.earns) for answer in exercise.wrong] == [
        ("blank 1 wrong", 1),
        ("blank 2 wrong", 1),
    ]


def test_points_are_shared_among_the_blanks(make: Make) -> None:
    (exercise,) = read(make(text=TEXT.replace('"step"', '"step" points=5'), cards=CARDS)).exercises
    assert exercise.points == 5
    assert exercise.tests.source.count("points=2.5") == 2


def test_the_answer_cell_is_an_assignment_to_the_rest_of_the_builder(lesson: Lesson) -> None:
    names: dict[str, str] = {}
    exec(as_python(lesson.exercises[0].solution.source), {}, names)
    assert names == {"step": "p -= lr * p.grad\n\n%%timeit"}


def test_release_has_blanks_and_no_trace_of_the_answers(lesson: Lesson) -> None:
    notebook, _ = ClearBlanks().preprocess(source_notebook(lesson), {})
    (cell,) = (cell for cell in notebook.cells if cell.get("id") == "step")
    assert cell.source == "%%cloze step\np -= ____ * p.____\n\n%%timeit"
    assert set(cell.metadata) == {"nbgrader"}


def test_the_answers_stand_only_among_the_hidden_tests(lesson: Lesson) -> None:
    public, _, hidden = lesson.exercises[0].tests.source.partition("### BEGIN HIDDEN TESTS")
    assert "cloze.blank('lr', 'rate', points=1, hint='the step size')" in hidden
    assert "rate" not in public
    assert "{{::the step size}}" in public


def test_the_checks_of_a_cloze_are_not_hidden_ones(lesson: Lesson) -> None:
    (cell,) = (cell for cell in source_notebook(lesson).cells if cell.get("id") == "step_tests")
    assert "checks.hidden()" not in cell.source
    assert clozes.is_test(cell.source)


def test_a_test_that_hides_more_than_answers_is_no_cloze_test(lesson: Lesson) -> None:
    source = lesson.exercises[0].tests.source
    assert not clozes.is_test(source.replace("given.mark(", "f(x)\ngiven.mark(", 1))
    assert not clozes.is_test("checks.score()")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("# | p -=", "p -=", "a line of a cloze cell begins with `# | `"),
        ("{{grad}}", "{{grad", "a blank `{{` is never closed"),
        ("{{lr||rate::the step size}} * p.{{grad}}", "lr", "nothing to fill in"),
        ("p -=", "____ -=", "the code itself holds ____"),
        ("{{grad}}", "{{ }}", "cannot be an answer"),
        ("%%timeit", "### AUTOTEST x", "AUTOTEST"),
        ("%%timeit", "### BEGIN SOLUTION", "SOLUTION"),
        ('"step"', '"class"', "needs the name of a variable"),
        ("cloze.enable()", "print()", "`cloze.enable()` in a setup cell"),
        ('cloze="step"', 'cloze="step" points=0', "points must be a number above 0"),
    ],
)
def test_mistakes_are_named(mistakes: Complaints, old: str, new: str, said: str) -> None:
    assert any(said in line for line in mistakes((old, new), text=TEXT, cards=CARDS))


def test_a_mistake_in_a_blank_is_named_with_its_line(mistakes: Complaints) -> None:
    (line,) = mistakes(("{{grad}}", "{{grad"), text=TEXT, cards=CARDS)
    assert f":{TEXT[: TEXT.index('# | p -=')].count(chr(10)) + 1}:" in line
