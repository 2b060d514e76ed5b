"""Whole notebooks with an answer to every exercise, graded with the lesson's demonstrations and without them."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from nbformat.v4 import new_notebook

from course.audit.trials import STUDENT, TrialRoom, holding
from course.authoring.lesson import Lesson
from course.grading.limits import Limits
from course.grading.submission.repair import Repaired
from course.grading.verdict.model import SubmissionVerdict

LIMITS = Limits(cell_s=20.0, call_s=5.0, submission_s=3600.0, restarts=500)  # endless loops are among the answers
Answers = Mapping[str, str]


@dataclass(frozen=True)
class Whole:
    """What one notebook earned in either way; `name` says what is in it."""

    name: str
    all_cells: SubmissionVerdict
    without: SubmissionVerdict

    def complaints(self) -> Iterator[str]:
        """The tests that give other points without the demonstrations, a sentence each."""
        for cell, other in zip(self.all_cells.cells, self.without.cells, strict=True):
            if cell.earned != other.earned:
                yield (
                    f"{self.name}: {cell.grade_id} gives {cell.earned or 0:g} points with the demonstrations and "
                    f"{other.earned or 0:g} without: {cell.message or cell.ending} | {other.message or other.ending}"
                )


def notebooks(lesson: Lesson, *, every_answer: bool) -> Iterator[tuple[str, Answers]]:
    """The lesson's own solutions, and if asked for, notebooks that together hold every right and wrong answer."""
    own = {exercise.name: exercise.answer for exercise in lesson.exercises}
    yield "its own solutions", own
    for kind in ("right", "wrong") if every_answer else ():
        answers = {exercise.name: getattr(exercise, kind) for exercise in lesson.exercises}
        for turn in range(max(map(len, answers.values()))):
            chosen = {name: of_kind[turn].source for name, of_kind in answers.items() if turn < len(of_kind)}
            yield f"{kind} answers, number {turn + 1}", own | chosen


def graded_both_ways(room: TrialRoom, *, every_answer: bool) -> Iterator[Whole]:
    """Each of these notebooks, graded with the demonstrations and without, several at once."""
    with ThreadPoolExecutor(room.engine.jobs) as pool:
        wanted = list(notebooks(room.lesson, every_answer=every_answer))
        found = [[pool.submit(_graded, room, answers, every) for every in (True, False)] for _, answers in wanted]
        for (name, _), (all_cells, without) in zip(wanted, found, strict=True):
            yield Whole(name, all_cells.result(), without.result())


def _graded(room: TrialRoom, answers: Answers, all_cells: bool) -> SubmissionVerdict:
    exam = replace(room.exam, limits=LIMITS, tells_apart=True, all_cells=all_cells)
    cells = [holding(cell, answers) for cell in room.source.cells if cell.cell_type == "code"]
    return room.engine.examine(STUDENT, exam, Repaired(new_notebook(cells=cells), ()), {})
