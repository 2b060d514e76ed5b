"""Every lesson's answers against its own tests: right ones earn all, wrong ones lose some, unfilled cells earn none.

All in this process (course.audit.kernel); what a panel answered, and many draws, are for `course audit`.
LESSON_SEEDS=50 tries the solutions under fifty seeds instead of three.
"""

import os
import zlib
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest
import torch

from course.audit.kernel import OneKernel, run
from course.authoring import notebook
from course.authoring.lesson import Exercise, Lesson, read
from course.authoring.preprocess import ClearBlanks
from course.checks import CellReport
from course.cloze.magic import as_python
from course.device import seed_everything
from course.folder import CourseFolder

pytestmark = pytest.mark.usefixtures("untraced")

ROOT = Path(__file__).parents[2]
FOLDER = CourseFolder(ROOT)
LESSONS = [read(FOLDER.lessons / name) for name in FOLDER.lesson_names()]
SEEDS = [f"seed {number}" for number in range(1, 1 + int(os.environ.get("LESSON_SEEDS", "3")))]


def exercises() -> list[Any]:
    return [pytest.param(lesson, one, id=f"{lesson.name}-{one.name}") for lesson in LESSONS for one in lesson.exercises]


def answers(kind: str) -> Iterator[Any]:
    for lesson in LESSONS:
        for exercise in lesson.exercises:
            for answer in getattr(exercise, kind):
                if answer.by_panel:  # what the panel answers is the audit's
                    continue
                name = f"{lesson.name}-{exercise.name}-{answer.description}"
                yield pytest.param(lesson, exercise, answer.source, id=name)


@pytest.fixture(autouse=True)
def _as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No windows and one seed; and what a wrong answer leaves behind, such as gradients switched off, ends with it."""
    mpl.use("Agg")
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    monkeypatch.setenv("CLOZEGRAD_SEED", SEEDS[0])
    yield
    torch.set_grad_enabled(True)
    torch.set_default_dtype(torch.float32)
    torch.use_deterministic_algorithms(False)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_blanks_leave_python_that_can_be_read(lesson: Lesson) -> None:
    for name, source in released(lesson).items():
        compile(as_python(source), f"<unfilled {name}>", "exec")


@pytest.mark.slow
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_set_up_cells_run_without_any_answer(lesson: Lesson) -> None:
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in lesson.cells:
        if cell.kind == "setup":
            run(cell, names)
        elif cell.kind == "solution":
            with suppress(NotImplementedError, NameError, AttributeError, TypeError, ModuleNotFoundError):  # of blanks
                exec(as_python(released(lesson)[cell.name]), names)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("lesson", "exercise"), exercises())
def test_the_solution_earns_every_point(
    lesson: Lesson, exercise: Exercise, seed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOZEGRAD_SEED", seed)
    seed_everything(zlib.crc32(seed.encode()))
    assert lost(graded(lesson, exercise, exercise.solution.source)) == []


@pytest.mark.slow
@pytest.mark.parametrize(("lesson", "exercise"), exercises())
def test_the_unfilled_cell_earns_nothing(lesson: Lesson, exercise: Exercise) -> None:
    report = graded(lesson, exercise, released(lesson)[exercise.name])
    assert report.earned == 0
    assert [check.label for check in report.checks if check.passed and check.points] == []  # promises earn nothing


@pytest.mark.slow
@pytest.mark.parametrize(("lesson", "exercise", "answer"), answers("right"))
def test_another_right_answer_earns_every_point(lesson: Lesson, exercise: Exercise, answer: str) -> None:
    assert lost(graded(lesson, exercise, answer)) == []


@pytest.mark.slow
@pytest.mark.parametrize(("lesson", "exercise", "answer"), answers("wrong"))
def test_a_wrong_answer_loses_points(lesson: Lesson, exercise: Exercise, answer: str) -> None:
    assert graded(lesson, exercise, answer).earned < exercise.points


def lost(report: CellReport) -> list[tuple[str, str]]:
    """The checks that failed, with what they said."""
    return [(check.label, check.message) for check in report.checks if not check.passed]


def graded(lesson: Lesson, exercise: Exercise, answer: str) -> CellReport:
    """What the exercise's test cell finds when this answer stands in its solution cell."""
    return kernel(lesson).graded(exercise, answer)


@cache
def kernel(lesson: Lesson) -> OneKernel:
    return OneKernel(lesson)


@cache
def released(lesson: Lesson) -> dict[str, str]:
    """The solution cells as students get them."""
    cleared, _ = ClearBlanks().preprocess(notebook.source_notebook(lesson), {})
    cells = [cell for cell in cleared.cells if cell.cell_type == "code" and notebook.is_solution(cell)]
    return {cell.metadata.nbgrader.grade_id: cell.source for cell in cells}
