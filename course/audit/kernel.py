"""A lesson's tests in one namespace of this process, as in a student's own kernel: fast, and without any jail.

The cells of a lesson run once, with the lesson's own solutions; each answer is then tried in a copy of the
names that stood there before its exercise. Demonstration cells do not run: no test may lean on them.
"""

from contextlib import suppress
from functools import cache, cached_property
from types import CodeType
from typing import Any

from course import checks
from course.authoring import notebook
from course.authoring.lesson import Exercise, Lesson
from course.authoring.percent import Cell
from course.checks import CellReport
from course.cloze.magic import as_python

Names = dict[str, Any]


class OneKernel:
    """One lesson's set-up cells, solutions and tests."""

    def __init__(self, lesson: Lesson) -> None:
        self.lesson = lesson

    @cached_property
    def before(self) -> dict[str, Names]:
        """The names that stand before each exercise's solution cell, with solutions in all the others."""
        names: Names = {"__name__": "__main__"}
        found = {}
        for cell in self.lesson.cells:
            if cell.kind == "solution":
                found[cell.name] = dict(names)
            if cell.kind in ("setup", "solution"):
                run(cell, names)
        return found

    def graded(self, exercise: Exercise, answer: str) -> CellReport:
        """What the exercise's test cell finds when this answer stands in its solution cell."""
        return self.tried(exercise, answer)[0]

    def tried(self, exercise: Exercise, answer: str) -> tuple[CellReport, Names]:
        """The same, with the names that stand there afterwards."""
        names = dict(self.before[exercise.name])
        with suppress(Exception):  # what an answer that breaks off left undone is for the test cell to find
            exec(_code(answer, f"<answer to {exercise.name}>"), names)
        run(exercise.tests, names)
        return checks.report(), names


def run(cell: Cell, names: Names) -> None:
    """Run a cell as it stands in the built notebook."""
    exec(_built(cell), names)


@cache
def _built(cell: Cell) -> CodeType:
    source = "\n".join(text for text, _ in notebook.code_rows(cell))
    return _code(source, f"<{cell.kind} cell at line {cell.line}>")


@cache
def _code(source: str, name: str) -> CodeType:
    """The same source is compiled once for all its draws."""
    return compile(as_python(source), name, "exec")
