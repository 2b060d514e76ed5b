"""What tests of other nbgrader courses do: the course's own answer keeps full points, a blank gets what stock gives."""

from collections.abc import Mapping
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from course.folder import CourseFolder
from course.grading.run import grade
from course.grading.verdict.model import SubmissionVerdict
from tests.grading.constructs import GIVEN, HEAVY, LIGHT, Exercise, table
from tests.grading.notebooks import answer, graded, locked, make_course, notebook, released

FILES = {
    "cities.txt": "Rome Oslo\n",
    "prices.csv": "item,price\npen,2\nink,5\n",
    "rounding.py": "def near(a, b):\n    return abs(a - b) < 0.001\n",
    "data/small.txt": "small",
}
Class = dict[tuple[str, str], SubmissionVerdict]

pytestmark = pytest.mark.timeout(1500)  # the first of them grades all, and may have to wait for other work


def source_of(exercise: Exercise) -> NotebookNode:
    """The notebook of an exercise."""
    taking_turns = exercise[0] == "*"
    parts = exercise[1:] if taking_turns else exercise[-2:]
    cells = [] if taking_turns or len(exercise) == 2 else [locked("given", exercise[0])]
    for number, text in enumerate(parts):
        cells.append(graded(f"t{number}", text) if number % 2 else answer(f"a{number}", text))
    return notebook(*cells)


def named(kinds: Mapping[str, Mapping[str, Exercise]]) -> list[tuple[str, str]]:
    return [(kind, name) for kind, members in kinds.items() for name in members]


def furnish(root: Path, kinds: Mapping[str, Mapping[str, Exercise]]) -> CourseFolder:
    """A course of one notebook an exercise, with the course's own answers and a blank handed in."""
    sources = {f"{kind}, {name}": source_of(kinds[kind][name]) for kind, name in named(kinds)}
    folder = make_course(root, **sources)
    for name, source in sources.items():
        for place, node in (
            ("release", released(source)),
            ("submitted/right", source),
            ("submitted/blank", released(source)),
        ):
            (root / place / "ps1").mkdir(parents=True, exist_ok=True)
            nbformat.write(node, root / place / f"ps1/{name}.ipynb")
    for place in ("source", "submitted/right", "submitted/blank"):
        for name, text in FILES.items():
            (root / place / "ps1" / name).parent.mkdir(exist_ok=True)
            (root / place / "ps1" / name).write_text(text)
    return folder


def graded_class(root: Path, kinds: Mapping[str, Mapping[str, Exercise]]) -> Class:
    return {(one.student, one.name): one for one in grade(furnish(root.resolve(), kinds), "ps1")}


@pytest.fixture(scope="module")
def light(tmp_path_factory: pytest.TempPathFactory) -> Class:
    return graded_class(tmp_path_factory.mktemp("light"), LIGHT)


@pytest.fixture(scope="module")
def heavy(tmp_path_factory: pytest.TempPathFactory) -> Class:
    return graded_class(tmp_path_factory.mktemp("heavy"), HEAVY)


def assert_as_stock(verdicts: Class, kind: str, name: str) -> None:
    right, blank = (verdicts[student, f"{kind}, {name}"] for student in ("right", "blank"))
    assert [(cell.grade_id, cell.earned, cell.message) for cell in right.cells if cell.earned != cell.points] == []
    assert right.repairs == ()
    given = [cell.grade_id for cell in blank.cells if cell.earned and name not in GIVEN]
    assert given == []


@pytest.mark.parametrize(("kind", "name"), named(LIGHT))
def test_an_answer_keeps_its_points_and_a_blank_gets_none(light: Class, kind: str, name: str) -> None:
    assert_as_stock(light, kind, name)


@pytest.mark.parametrize(("kind", "name"), named(HEAVY))
def test_an_answer_with_libraries_keeps_its_points_and_a_blank_gets_none(heavy: Class, kind: str, name: str) -> None:
    assert_as_stock(heavy, kind, name)


def test_the_page_on_grading_lists_them() -> None:
    page = Path(__file__).parents[2] / "docs/grading.md"
    assert table() in page.read_text("utf-8"), f"put this into {page.name}:\n{table()}"
