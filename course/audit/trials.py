"""Trials: one answer to one exercise, graded by the engine in a notebook with no more in it than the answer needs."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Literal

from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from course.audit.attacks import attacks
from course.audit.mutants import mutants, student_lines
from course.build import names
from course.build.lesson import Exercise, Lesson
from course.build.notebook import is_solution, source_notebook
from course.build.preprocess import ClearBlanks
from course.demo.students import reference
from course.folder import CourseFolder
from course.grading.engine import Engine
from course.grading.exam import Exam
from course.grading.limits import Limits
from course.grading.repair import Repaired
from course.grading.verdicts import CellVerdict

Kind = Literal["reference", "right", "wrong", "empty", "attack", "mutant"]
LIMITS = Limits(cell_s=20.0, call_s=5.0, test_s=40.0, submission_s=90.0, grace_s=1.0, restarts=2)
STUDENT = "audit"


@dataclass(frozen=True)
class Trial:
    """One answer to an exercise; of a mutant, ``difference`` says what is changed."""

    exercise: Exercise
    kind: Kind
    description: str
    source: str
    difference: tuple[str, ...] = ()
    earns: float | None = None  # what it must earn exactly, where that is known


@dataclass(frozen=True)
class Outcome:
    """What the engine made of a trial; ``fault`` says why it could not judge, where it could not."""

    trial: Trial
    earned: float
    messages: tuple[str, ...]
    seconds: float
    fault: str = ""

    @property
    def full(self) -> bool:
        return self.earned >= self.trial.exercise.points


def trials(lesson: Lesson, *, with_mutants: bool, only: str | None = None) -> list[Trial]:
    """Every answer to try, exercise by exercise."""
    empty = _unfilled(lesson)
    wanted = lesson.exercises if only is None else (lesson.exercise(only),)
    return [trial for exercise in wanted for trial in _trials(exercise, empty[exercise.name], with_mutants)]


def _trials(exercise: Exercise, empty: str, with_mutants: bool) -> Iterator[Trial]:
    yield Trial(exercise, "reference", "the lesson's own solution", reference(exercise))
    yield Trial(exercise, "empty", "not answered", empty)
    for right in exercise.right:
        yield Trial(exercise, "right", right.description, right.source)
    for wrong in exercise.wrong:
        yield Trial(exercise, "wrong", wrong.description, wrong.source, earns=wrong.earns)
    for description, source in attacks(names.binds(exercise.solution.source), empty):
        yield Trial(exercise, "attack", description, source)
    if with_mutants and not exercise.solution.pieces:
        for mutant in mutants(exercise.solution.source, student_lines(exercise.solution.lines)):
            yield Trial(exercise, "mutant", mutant.mistake, mutant.source, mutant.difference)


def _unfilled(lesson: Lesson) -> dict[str, str]:
    """The solution cells as students get them."""
    cleared, _ = ClearBlanks().preprocess(source_notebook(lesson), {})
    return {cell.metadata.nbgrader.grade_id: cell.source for cell in cleared.cells if is_solution(cell)}


class TrialRoom:
    """An engine for one lesson as it stands in lessons/, built or not."""

    def __init__(self, folder: CourseFolder, lesson: Lesson, jobs: int | None = None) -> None:
        self.lesson = lesson
        self.source = source_notebook(lesson)
        files = {path.relative_to(lesson.path.parent).as_posix(): path.read_bytes() for path in lesson.data}
        self.exam = Exam(lesson.name, lesson.name, self.source, None, files, LIMITS)
        self.engine = Engine(folder, [self.exam], jobs=jobs)

    def __enter__(self) -> "TrialRoom":
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.close()

    def run(self, wanted: list[Trial]) -> Iterator[Outcome]:
        """Grade each trial, several at once; outcomes come in the order of the trials."""
        with ThreadPoolExecutor(self.engine.jobs) as pool:
            yield from pool.map(self.grade, wanted)

    def grade(self, trial: Trial) -> Outcome:
        """Grade one answer, with the lesson's own solutions in the exercises that it builds on."""
        cells = self._cells(trial)
        exam = replace(self.exam, source=new_notebook(cells=cells))
        handed_in = new_notebook(cells=[_holding(cell, {trial.exercise.name: trial.source}) for cell in cells])
        verdict = self.engine.examine(STUDENT, exam, Repaired(handed_in, ()), {})
        (cell,) = (cell for cell in verdict.cells if cell.grade_id == f"{trial.exercise.name}_tests")
        fault = cell.message if cell.ending == "could not run" else ""
        return Outcome(trial, cell.earned or 0.0, _messages(cell), verdict.seconds, fault)

    def whole(self) -> tuple[float, float, float]:
        """The whole lesson with its own solutions: points earned, points possible, seconds that it took."""
        answers = {exercise.name: reference(exercise) for exercise in self.lesson.exercises}
        cells = [_holding(cell, answers) for cell in self.source.cells if cell.cell_type == "code"]
        exam = replace(self.exam, limits=Limits())
        verdict = self.engine.examine(STUDENT, exam, Repaired(new_notebook(cells=cells), ()), {})
        return verdict.points, sum(exercise.points for exercise in self.lesson.exercises), verdict.seconds

    def _cells(self, trial: Trial) -> list[NotebookNode]:
        """The set-up cells, the solutions that the answer and its test need, and the test, in the lesson's order."""
        name = trial.exercise.name
        cells = [cell for cell in self.source.cells if "nbgrader" in cell.metadata and cell.cell_type == "code"]
        place = next(at for at, cell in enumerate(cells) if cell.metadata.nbgrader.grade_id == f"{name}_tests")
        before, test = cells[:place], cells[place]
        needed = _reads(trial.source, trial.exercise.solution.source) | names.reads(test.source)
        kept = []
        for cell in reversed(before):
            meta = cell.metadata.nbgrader
            if meta.grade_id == name or (
                not meta.grade and (not is_solution(cell) or names.binds(cell.source) & needed)
            ):
                kept.append(cell)
                needed |= names.reads(cell.source)
        return [deepcopy(cell) for cell in [*reversed(kept), test]]


def _holding(cell: NotebookNode, answers: Mapping[str, str]) -> NotebookNode:
    """A copy of the cell with the answer to it, if there is one."""
    held = deepcopy(cell)
    held.source = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id", ""), cell.source)
    return held


def _reads(source: str, otherwise: str) -> frozenset[str]:
    try:
        return names.reads(source)
    except SyntaxError:
        return names.reads(otherwise)


def _messages(cell: CellVerdict) -> tuple[str, ...]:
    """What the grader said of an answer that lost points, a line a check."""
    if cell.report is None:
        return (cell.message,) if cell.message else ()
    return tuple(f"{check.label}: {check.message}" for check in cell.report.failures)
