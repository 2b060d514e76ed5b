"""What the gradebook says of a class: each score as nbgrader counts it, penalties for lateness, and comments."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
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
)
from sqlalchemy.orm import Session

from course.folder import CourseFolder
from course.grading.gradebook.database import is_there, transaction

Cell = tuple[str, str]  # a notebook and a grade_id


@dataclass(frozen=True)
class Score:
    """One graded cell of one student.

    Attributes:
        score: as nbgrader counts it: what a person entered, or else the automatic score; and extra credit.
        by_hand: what a person entered; None where nobody did.
        is_waiting: whether a person has yet to score it; one who has, and is asked to look again, need not.
    """

    score: float
    by_hand: float | None = None
    is_waiting: bool = False


@dataclass(frozen=True)
class Scored:
    """A student of the gradebook, and what they have for one lesson: no scores where nothing was graded.

    `comments` are by answer cell, what people wrote before what nbgrader did.
    """

    student: str
    first_name: str
    last_name: str
    email: str
    handed_in: datetime | None
    penalty: float
    scores: Mapping[Cell, Score]
    comments: Mapping[Cell, str]

    @property
    def total(self) -> float:
        """The points that count, as in nbgrader's own export: less the penalty, and never below nothing."""
        return max(0.0, sum(score.score for score in self.scores.values()) - self.penalty)

    @property
    def is_waiting(self) -> bool:
        """Whether a person has yet to look at something."""
        return any(score.is_waiting for score in self.scores.values())


def scores(folder: CourseFolder, lesson: str) -> tuple[Scored, ...]:
    """Everybody in the gradebook with what they have for a lesson; nobody where there is no gradebook yet."""
    if not is_there(folder):
        return ()
    with transaction(folder) as db:
        graded, said = _scores(db, lesson), _comments(db, lesson)
        handed = {row.student_id: row for row in _submissions(db, lesson)}
        people = db.query(Student.id, Student.first_name, Student.last_name, Student.email).order_by(Student.id).all()
    return tuple(_scored(person, handed.get(person.id), graded[person.id], said[person.id]) for person in people)


def _scored(person: Any, handed: Any, graded: Mapping[Cell, Score], said: Mapping[Cell, str]) -> Scored:
    when = handed.timestamp.replace(tzinfo=UTC) if handed and handed.timestamp else None
    names = (person.first_name or "", person.last_name or "", person.email or "")
    return Scored(person.id, *names, when, float(handed.penalty) if handed else 0.0, graded, said)


def _submissions(db: Session, lesson: str) -> Sequence[Any]:
    columns = (SubmittedAssignment.timestamp, SubmittedAssignment.late_submission_penalty.label("penalty"))
    rows = db.query(SubmittedAssignment.student_id, *columns)
    return rows.join(Assignment, Assignment.id == SubmittedAssignment.assignment_id).filter(Assignment.name == lesson)


def _scores(db: Session, lesson: str) -> dict[str, dict[Cell, Score]]:
    found: dict[str, dict[Cell, Score]] = defaultdict(dict)
    columns = (Grade.score.label("score"), Grade.manual_score, Grade.needs_manual_grade)
    for row in _rows(db, lesson, Grade, columns):
        found[row.student_id][row.notebook, row.cell] = Score(
            row.score, row.manual_score, row.needs_manual_grade and row.manual_score is None
        )
    return found


def _comments(db: Session, lesson: str) -> dict[str, dict[Cell, str]]:
    found: dict[str, dict[Cell, str]] = defaultdict(dict)
    for row in _rows(db, lesson, Comment, (Comment.comment.label("text"),)):
        if row.text:
            found[row.student_id][row.notebook, row.cell] = row.text
    return found


def _rows(db: Session, lesson: str, table: Any, columns: Sequence[Any]) -> Sequence[Any]:
    """Rows of a table that has one for each cell of each submitted notebook, with whose and which cell it is."""
    about = (SubmittedAssignment.student_id, Notebook.name.label("notebook"), BaseCell.name.label("cell"))
    return (
        db.query(*about, *columns)
        .select_from(table)
        .join(BaseCell, BaseCell.id == table.cell_id)
        .join(SubmittedNotebook, SubmittedNotebook.id == table.notebook_id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .filter(Assignment.name == lesson)
        .all()
    )
