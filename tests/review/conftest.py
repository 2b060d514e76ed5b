"""The tiny course with cards behind its exercises, and submissions as a grader leaves them."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import nbformat
import pytest
import yaml

from course.authoring.lesson import Lesson, read
from course.authoring.notebook import fill
from course.folder import CourseFolder
from course.grading.gradebook.assignment import ensure_assignment
from course.grading.keeping import save
from course.grading.verdict.model import CellVerdict, SubmissionVerdict, ending_for, outputs_of
from course.results import CellReport, CheckResult
from tests.conftest import LESSON, TINY

SECRET = "-471100000"
NOW = datetime(2026, 11, 26, 10, 30, tzinfo=timezone(timedelta(hours=9)))
CARDS: list[dict[str, object]] = [
    {"id": "right", "front": "Which card stands behind `area` alone?", "back": "This one."},
    {"id": "sum", "front": "What is $2x$ as a sum?", "back": "`x + x`", "tags": ["numbers"]},
    {"id": "both", "cloze": "2 * {{c1::-3}} is {{c2::-6}}"},
    {"id": "idle", "front": "Which card stands behind nothing?", "back": "This one."},
]
Graded = Callable[..., SubmissionVerdict]


def with_cards(folder: CourseFolder) -> Lesson:
    """The tiny lesson with cards: behind `twice` stand sum and both, behind `area` right and both."""
    path = folder.lessons / TINY / "lesson.py"
    heading = "difficulty 1/5 · 1 minutes"
    first, second, rest = LESSON.split(heading)
    path.write_text(f"{first}{heading} · cards: sum, both{second}{heading} · cards: right, both{rest}", "utf-8")
    (path.parent / "cards.yaml").write_text(yaml.safe_dump(CARDS), "utf-8")
    return read(path)


@pytest.fixture
def lesson(tiny_course: CourseFolder) -> Lesson:
    """The tiny lesson with cards."""
    return with_cards(tiny_course)


@pytest.fixture
def graded(tiny_course: CourseFolder, lesson: Lesson) -> Graded:
    """Puts a student's verdict into autograded/ and the gradebook, as `course grade` does."""

    def grade(student: str, twice: float = 1.0, area: float = 1.0, **more: Any) -> SubmissionVerdict:
        notebook = fill(nbformat.read(tiny_course.source / TINY / f"{TINY}.ipynb", as_version=4), {"twice": "x = 1"})
        cells = (_twice(twice, **more), CellVerdict("area_tests", 1.0, area, ending_for(area, 1.0)))
        for cell in notebook.cells:
            for verdict in cells:
                if cell.metadata.get("nbgrader", {}).get("grade_id") == verdict.grade_id:
                    cell.outputs = outputs_of(verdict)
        verdict = SubmissionVerdict(student, TINY, cells, (), "plain", 1.0, notebook)
        ensure_assignment(tiny_course, TINY)
        save(tiny_course, verdict)
        return verdict

    return grade


def _twice(earned: float, **more: Any) -> CellVerdict:
    """Three points in two checks, one of them hidden; its message and output hold what no student may see."""
    told = {} if earned >= 3 else {"message": f"expected {SECRET}", "printed": f"got {SECRET}"}
    checks = (
        CheckResult("twice two is four", 1, min(earned, 1.0), message="" if earned else "no"),
        CheckResult("any whole number", 2, 2 if earned >= 3 else 0, True, "What about numbers below zero?", **told),
    )
    return CellVerdict("twice_tests", 3.0, earned, ending_for(earned, 3.0), CellReport("twice", 3, checks), **more)
