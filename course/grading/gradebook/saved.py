"""Verdicts read back: what an earlier `course grade` found in a submission, and what a person has set since.

The file beside the executed notebook in autograded/ holds how each cell ended and the record of its checks, and so do
the notebook's outputs; the gradebook holds what a person entered in formgrader, which comes before the automatic score.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import nbformat
from nbgrader.api import Assignment, BaseCell, Grade, SubmittedAssignment, SubmittedNotebook

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.gradebook.database import is_there, transaction
from course.grading.gradebook.scores import Cell, Score, scores
from course.grading.verdict import stored
from course.grading.verdict.model import CellVerdict, SubmissionVerdict, ending_for
from course.grading.verdict.reading import verdicts_in


def students_graded(folder: CourseFolder, lesson: str) -> list[str]:
    """The students with a graded submission of the lesson; CourseError when there is none."""
    found = sorted(path.parent.name for path in folder.autograded.glob(f"*/{lesson}") if path.is_dir())
    if not found:
        raise CourseError(f"no graded submission for {lesson} in {folder.autograded}: run `course grade {lesson}`")
    return found


def graded(folder: CourseFolder, lesson: str, student: str) -> tuple[CellVerdict, ...]:
    """The verdict on each graded cell of a submission; CourseError when it has none, or none that can be read."""
    paths = sorted((folder.autograded / student / lesson).glob("*.ipynb"))
    if not paths:
        raise CourseError(f"no graded notebook in {folder.autograded / student / lesson}: run `course grade {lesson}`")
    cells = [cell for path in paths for cell in _verdicts(folder, path, lesson)]
    by_hand = _scores_by_hand(folder, lesson, student)
    return tuple(_as_scored(cell, by_hand.get(cell.grade_id)) for cell in cells)


def with_marks(folder: CourseFolder, lesson: str, verdicts: Sequence[SubmissionVerdict]) -> list[SubmissionVerdict]:
    """The verdicts with the scores that a person entered, in formgrader or on the marking page, where one did."""
    by_student = {one.student: one.scores for one in scores(folder, lesson)}
    return [
        replace(one, cells=tuple(_as_marked(one, cell, by_student.get(one.student, {})) for cell in one.cells))
        for one in verdicts
    ]


def _as_marked(verdict: SubmissionVerdict, cell: CellVerdict, found: Mapping[Cell, Score]) -> CellVerdict:
    score = found.get((verdict.name, cell.grade_id))
    return _as_scored(cell, score.by_hand if score else None)


def _verdicts(folder: CourseFolder, path: Path, lesson: str) -> tuple[CellVerdict, ...]:
    """What was kept beside the notebook; where nbgrader's own commands graded it, what its outputs say."""
    if (kept := stored.read_beside(folder, path)) is not None:
        return kept.cells
    try:
        return verdicts_in(nbformat.read(path, as_version=4))
    except Exception as error:  # nbformat raises whatever it stumbles on
        reason = str(error).split("\n")[0]
        raise CourseError(f"{path} cannot be read ({reason}): run `course grade {lesson}` again") from error


def _scores_by_hand(folder: CourseFolder, lesson: str, student: str) -> dict[str, float | None]:
    """What a person entered for each graded cell, None where nobody did; CourseError when there are no grades."""
    missing = CourseError(f"{student} has no grade for {lesson} in the gradebook: run `course grade {lesson}`")
    if not is_there(folder):
        raise missing
    with transaction(folder) as db:
        rows = (
            db.query(BaseCell.name, Grade.manual_score)
            .join(Grade, Grade.cell_id == BaseCell.id)
            .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
            .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .filter(Assignment.name == lesson, SubmittedAssignment.student_id == student)
        )
        found = {row.name: row.manual_score for row in rows}
    if not found:
        raise missing
    return found


def _as_scored(cell: CellVerdict, by_hand: float | None) -> CellVerdict:
    if by_hand is None:
        return cell
    return replace(cell, earned=by_hand, ending=ending_for(by_hand, cell.points))
