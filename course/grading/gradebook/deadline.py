"""The class, when a lesson is due, and for whom later, in nbgrader's own tables: what its late penalties go by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from nbgrader.api import Assignment, Student, SubmittedAssignment
from sqlalchemy.orm import Session

from course.folder import CourseFolder
from course.grading.gradebook.assignment import ensure_assignment, new_submission
from course.grading.gradebook.database import is_there, transaction


@dataclass(frozen=True)
class Listed:
    """A student as the gradebook has them; what it does not have is empty."""

    id: str
    name: str
    email: str


def students(folder: CourseFolder) -> list[Listed]:
    """Everybody in the gradebook; nobody where it is not there yet."""
    if not is_there(folder):
        return []
    with transaction(folder, prepare=True) as db:
        rows = db.query(Student.id, Student.first_name, Student.last_name, Student.email)
        return [
            Listed(row.id, " ".join(filter(None, (row.first_name, row.last_name))), row.email or "") for row in rows
        ]


def due_date(folder: CourseFolder, lesson: str) -> datetime | None:
    """When the gradebook says that a lesson is due; None where it says nothing or is not there yet."""
    if not is_there(folder):
        return None
    with transaction(folder, prepare=True) as db:
        found = db.query(Assignment.duedate).filter(Assignment.name == lesson).one_or_none()
    return found.duedate.replace(tzinfo=UTC) if found and found.duedate else None


def extensions(folder: CourseFolder, lesson: str) -> dict[str, timedelta]:
    """Which extensions the gradebook has, by student; none where there is no due date."""
    if due_date(folder, lesson) is None:
        return {}
    with transaction(folder) as db:
        rows = (
            db.query(SubmittedAssignment.student_id, SubmittedAssignment.extension)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .filter(Assignment.name == lesson, SubmittedAssignment.extension.is_not(None))
        )
        return {row.student_id: row.extension for row in rows}


def set_due(folder: CourseFolder, lesson: str, due: datetime, extended: Mapping[str, timedelta | None]) -> None:
    """Set a lesson's due date, and the extensions of these students; None takes one away.

    Students and submissions are made where they are missing. Everything is one transaction, and nothing is written
    where nothing changes. CourseError when the gradebook cannot be brought up to date with the lesson's source.
    """
    ensure_assignment(folder, lesson)
    with transaction(folder) as db:
        assignment = db.query(Assignment).filter(Assignment.name == lesson).one()
        wanted = due.astimezone(UTC).replace(tzinfo=None)
        if assignment.duedate != wanted:
            assignment.duedate = wanted
        kept = {submission.student_id: submission for submission in assignment.submissions}
        for student, length in extended.items():
            submission = kept.get(student) or (None if length is None else _made(db, assignment, student))
            if submission is not None and submission.extension != length:
                submission.extension = length


def _made(db: Session, assignment: Assignment, student: str) -> SubmittedAssignment:
    """A submission for a student who has none yet."""
    if db.get(Student, student) is None:
        db.add(Student(id=student))
    return new_submission(db, assignment, student)
