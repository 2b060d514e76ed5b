"""Write verdicts into nbgrader's gradebook: the rows that `nbgrader autograde` would write, a transaction a verdict.

Grades do not depend on the order of writing. What people entered (manual scores, extra credit, comments) is left alone.
"""

import datetime
from collections.abc import Collection
from pathlib import Path
from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
)
from nbgrader.utils import is_solution, is_task, parse_utc
from sqlalchemy import update
from sqlalchemy.orm import Session
from traitlets.utils.importstring import import_item

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.cells import is_as_released
from course.grading.gradebook.assignment import ensure_assignment, new_submission
from course.grading.gradebook.database import transaction
from course.grading.submission.files import names_handed_in, place_of
from course.grading.verdict.model import SubmissionVerdict
from course.grading.verdict.moves import Score

__all__ = ["ensure_assignment", "record", "scores", "stands"]
TIMESTAMP_NAME = "timestamp.txt"
_TASK = TaskCell.__name__
_LONGEST_TIME = 200  # characters of a date


def record(folder: CourseFolder, verdict: SubmissionVerdict, as_before: Collection[str] = ()) -> None:
    """Write one verdict; CourseError, and nothing written, when the gradebook does not know the lesson or a cell.

    Student and submission are made where they are missing. A notebook of the same lesson that was not handed in gets 0.

    Args:
        as_before: the cells whose question and answer are what they were when a person may have marked them.
    """
    timestamp = _timestamp(place_of(folder, verdict.student, verdict.lesson) / TIMESTAMP_NAME)
    with transaction(folder) as db, db.no_autoflush:  # what is asked for does not depend on what is yet to be written
        submission = _submission(db, folder, verdict)
        if timestamp is not None:
            submission.timestamp = timestamp
        notebooks = {notebook.name: notebook for notebook in submission.notebooks}
        if verdict.name not in notebooks:
            raise CourseError(_unknown(verdict, f"notebook {verdict.name!r}"))
        _write_grades(db, notebooks[verdict.name], verdict, as_before)
        _write_comments(db, notebooks[verdict.name], verdict)
        for name in (
            set(notebooks) - {verdict.name} - names_handed_in(folder, verdict.student, verdict.lesson, notebooks)
        ):
            _write_zeros(notebooks[name])
        db.flush()
        with folder.importable():
            _write_penalty(db, folder, submission, notebooks[verdict.name])


def stands(folder: CourseFolder, verdict: SubmissionVerdict) -> bool:
    """Whether the gradebook has all of a verdict's scores; then its late penalty is brought up to date, too."""
    with transaction(folder) as db, db.no_autoflush:
        found = _submitted(db, verdict)
        if found is None:
            return False
        scores = {name: grade.auto_score for name, grade in _grades(db, found).items() if grade.kind != _TASK}
        if scores != {cell.grade_id: cell.earned for cell in verdict.cells if cell.grade_id in scores}:
            return False
        with folder.importable():
            _write_penalty(db, folder, found.assignment, found)
    return True


def scores(folder: CourseFolder, verdict: SubmissionVerdict) -> dict[str, Score]:
    """What the gradebook has, before this verdict, of the cells that a verdict is on; nothing of a new hand-in."""
    with transaction(folder) as db:
        found = _submitted(db, verdict)
        grades = _grades(db, found) if found is not None else {}
        return {
            name: Score(grade.auto_score, grade.manual_score) for name, grade in grades.items() if grade.kind != _TASK
        }


def ask_again(folder: CourseFolder, verdict: SubmissionVerdict, cells: Collection[str]) -> None:
    """Put these cells of a student's notebook before a person once more; what they were given goes on counting."""
    with transaction(folder) as db:
        found = _submitted(db, verdict)
        grades = _grades(db, found) if found is not None else {}
        asked = [grade.id for name, grade in grades.items() if name in cells]
        _change(db, Grade, [{"id": number, "needs_manual_grade": True} for number in asked])


def _submitted(db: Session, verdict: SubmissionVerdict) -> SubmittedNotebook | None:
    """What the gradebook has of a student's notebook."""
    joined = (
        db.query(SubmittedNotebook)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
    )
    found = joined.filter(
        Assignment.name == verdict.lesson,
        SubmittedAssignment.student_id == verdict.student,
        Notebook.name == verdict.name,
    )
    return found.one_or_none()


def _grades(db: Session, notebook: SubmittedNotebook) -> dict[str, Any]:
    """What the rows of a notebook's grades say, with the kinds of their cells, by grade_id."""
    columns = Grade.id, Grade.auto_score, Grade.manual_score, Grade.needs_manual_grade
    rows = db.query(*columns, BaseCell.name, BaseCell.type.label("kind")).join(BaseCell, BaseCell.id == Grade.cell_id)
    return {row.name: row for row in rows.filter(Grade.notebook_id == notebook.id)}


def _change(db: Session, kind: type, rows: list[dict[str, Any]]) -> None:
    """Write what is new of rows, each told by its `id`; the session must hold no object that stands for one of them."""
    if rows:
        db.execute(update(kind), rows)


def _submission(db: Session, folder: CourseFolder, verdict: SubmissionVerdict) -> SubmittedAssignment:
    """The student's submission, made with its student when it is the first."""
    assignment = db.query(Assignment).filter(Assignment.name == verdict.lesson).one_or_none()
    if assignment is None:
        raise CourseError(_unknown(verdict, f"lesson {verdict.lesson!r}"))
    if db.get(Student, verdict.student) is None:
        if not folder.config.get("Autograde", {}).get("create_student", True):
            raise CourseError(
                f"{verdict.student} is not in the gradebook, and nbgrader_config.py says Autograde.create_student = "
                f"False: add them with `nbgrader db student add {verdict.student}`"
            )
        db.add(Student(id=verdict.student))
    submission = (
        db.query(SubmittedAssignment).filter_by(assignment_id=assignment.id, student_id=verdict.student).one_or_none()
    )
    if submission is None:
        submission = new_submission(db, assignment, verdict.student)
        db.flush()
    return submission


def _write_grades(
    db: Session, notebook: SubmittedNotebook, verdict: SubmissionVerdict, as_before: Collection[str]
) -> None:
    """The automatic scores; a cell that a person has marked is put before them again if it is not as it was then."""
    grades, changes = _grades(db, notebook), []
    for cell in verdict.cells:
        if cell.grade_id not in grades:
            raise CourseError(_unknown(verdict, f"cell {cell.grade_id!r} of {verdict.name}"))
        grade = grades[cell.grade_id]
        if grade.kind == _TASK:
            continue
        needs = grade.manual_score is not None or cell.earned is None
        if grade.manual_score is not None and cell.grade_id in as_before:
            needs = grade.needs_manual_grade
        if (cell.earned, needs) != (grade.auto_score, grade.needs_manual_grade):
            changes.append({"id": grade.id, "auto_score": cell.earned, "needs_manual_grade": needs})
    _change(db, Grade, changes)


def _write_comments(db: Session, notebook: SubmittedNotebook, verdict: SubmissionVerdict) -> None:
    """nbgrader's own remark on answers that were left as released."""
    columns = Comment.id, Comment.auto_comment, BaseCell.name
    rows = db.query(*columns).join(BaseCell, BaseCell.id == Comment.cell_id)
    comments, changes = {row.name: row for row in rows.filter(Comment.notebook_id == notebook.id)}, []
    for cell in verdict.notebook.cells:
        if not (is_solution(cell) or is_task(cell)):
            continue
        comment = comments.get(cell.metadata["nbgrader"]["grade_id"])
        remark = "No response." if is_as_released(cell) else None
        if comment is not None and comment.auto_comment != remark:
            changes.append({"id": comment.id, "auto_comment": remark})
    _change(db, Comment, changes)


def _write_zeros(notebook: SubmittedNotebook) -> None:
    for grade in notebook.grades:
        grade.auto_score = 0
        grade.needs_manual_grade = False


def _write_penalty(
    db: Session, folder: CourseFolder, submission: SubmittedAssignment, notebook: SubmittedNotebook
) -> None:
    """The penalty that the course's late plugin asks for, held between nothing and the score."""
    notebook.late_submission_penalty = None
    late_s = submission.total_seconds_late
    if late_s <= 0 or (step := _late_step(folder)) is None:
        return
    db.flush()
    db.refresh(notebook, ["score"])
    step.init_plugin()
    penalty = step.plugin_inst.late_submission_penalty(submission.student_id, notebook.score, late_s)
    if penalty is not None:
        notebook.late_submission_penalty = step._check_late_penalty(notebook, penalty)


def _late_step(folder: CourseFolder) -> Any:
    """The step of the course's autograde that assigns late penalties; None when it was taken out."""
    from nbgrader.preprocessors import AssignLatePenalties  # with all others, for the few who were late

    names = folder.config.get("Autograde", {}).get("autograde_preprocessors", [AssignLatePenalties])
    steps = [import_item(name) if isinstance(name, str) else name for name in names]
    found = next((step for step in steps if issubclass(step, AssignLatePenalties)), None)
    if found is None:
        return None
    step = found(config=folder.config)
    return step if step.enabled else None


def _timestamp(path: Path) -> datetime.datetime | None:
    """When the student handed in, by UTC; None when it is not known, or cannot be read: that costs nobody the grade."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        written = file.read(_LONGEST_TIME).decode("utf-8", "replace").strip()
    try:
        return parse_utc(written) if written else None
    except (ValueError, OverflowError):
        return None


def _unknown(verdict: SubmissionVerdict, what: str) -> str:
    return f"the gradebook knows no {what}: its source has changed, or was never imported; grade {verdict.lesson} again"
