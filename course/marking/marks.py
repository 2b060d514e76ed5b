"""Marks in nbgrader's own tables: a manual score and a manual comment, as formgrader writes and shows them.

Which rubric items an answer was given stands in the comment, one line each, so that students read it too and nothing is
kept beside the gradebook.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from nbgrader.api import Assignment, BaseCell, Comment, Grade, SubmittedAssignment, SubmittedNotebook
from sqlalchemy.orm import Session

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.gradebook.database import transaction
from course.marking.rubric import Question

TICK = "- ✓ "
State = Literal["open", "marked", "again"]


@dataclass(frozen=True)
class Mark:
    """What a person says of an answer: the items it holds, by number from 0, or a score of their own; a comment."""

    ticked: tuple[int, ...] = ()
    own: float | None = None
    comment: str = ""

    def score(self, question: Question) -> float:
        """The points, at most the question's."""
        if self.own is not None:
            return self.own
        return min(question.points, math.fsum(question.items[number].points for number in self.ticked))

    def text(self, question: Question) -> str:
        """The comment as the gradebook keeps it and the student reads it."""
        given = [f"{TICK}{question.items[number].text}" for number in self.ticked]
        return "\n\n".join(filter(None, ["\n".join(given), self.comment.strip()]))


@dataclass(frozen=True)
class Marked:
    """A grade of one question: whose it is and what it says.

    It is `again` when the work was graded again since: the mark counts, and somebody should look whether it still fits.
    """

    id: str
    student: str
    mark: Mark
    state: State


def marks(folder: CourseFolder, lesson: str, question: Question) -> dict[str, Marked]:
    """The grades of a question, by their ids; none where the lesson was never graded."""
    with transaction(folder, prepare=True) as db:
        comments = dict(
            _of_question(db.query(Comment.notebook_id, Comment.manual_comment), Comment, lesson, question).all()
        )
        grades = _of_question(db.query(Grade, SubmittedAssignment.student_id), Grade, lesson, question)
        return {
            grade.id: Marked(grade.id, student, _mark(question, grade, comments.get(grade.notebook_id)), _state(grade))
            for grade, student in grades
        }


def put(folder: CourseFolder, lesson: str, question: Question, ids: Collection[str], mark: Mark | None) -> None:
    """Write a mark for these grades, or take theirs back; all of them or none.

    Raises:
        CourseError: the mark fits no question like this, or a grade is not there any more.
    """
    _require_valid(question, mark)
    with transaction(folder) as db:
        grades = _of_question(db.query(Grade), Grade, lesson, question).filter(Grade.id.in_(ids)).all()
        if len(grades) != len(set(ids)):
            raise CourseError("this answer is not in the gradebook any more: load the page again")
        for grade in grades:
            grade.manual_score = mark.score(question) if mark else None
            grade.needs_manual_grade = mark is None and grade.auto_score is None
            _put_comment(db, lesson, question, grade, mark.text(question) if mark else "")


def _of_question(query: Any, table: Any, lesson: str, question: Question) -> Any:
    """The rows of a table that belong to one question of a lesson."""
    return (
        query.join(BaseCell, BaseCell.id == table.cell_id)
        .join(SubmittedNotebook, SubmittedNotebook.id == table.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .filter(Assignment.name == lesson, BaseCell.name == question.name)
        .filter(SubmittedNotebook.notebook.has(name=question.notebook))
    )


def _put_comment(db: Session, lesson: str, question: Question, grade: Grade, text: str) -> None:
    rows = _of_question(db.query(Comment), Comment, lesson, question)
    comment = rows.filter(Comment.notebook_id == grade.notebook_id).one_or_none()
    if comment is not None:
        comment.manual_comment = text or None
    elif text:
        raise CourseError(f"the gradebook keeps no comments on {question.name}: grade {lesson} again")


def _mark(question: Question, grade: Grade, text: str | None) -> Mark:
    """The mark as it was written here or in formgrader."""
    ticked, rest = list[int](), list[str]()
    numbers = {f"{TICK}{item.text}": number for number, item in enumerate(question.items)}
    for row in (text or "").splitlines():
        if row in numbers:
            ticked.append(numbers[row])
        else:
            rest.append(row)
    mark = Mark(tuple(sorted(ticked)), None, "\n".join(rest).strip())
    if grade.manual_score is None or math.isclose(mark.score(question), grade.manual_score):
        return mark
    return Mark(mark.ticked, grade.manual_score, mark.comment)


def _state(grade: Grade) -> State:
    if grade.manual_score is None:
        return "open"
    return "again" if grade.needs_manual_grade else "marked"


def _require_valid(question: Question, mark: Mark | None) -> None:
    if mark is None:
        return
    if not all(0 <= number < len(question.items) for number in mark.ticked):
        raise CourseError(f"{question.name} has {len(question.items)} rubric items: load the page again")
    if mark.own is not None and not 0 <= mark.own <= question.points:
        raise CourseError(f"a score for {question.name} is a number from 0 to {question.points:g}")


def counts(found: Sequence[Marked]) -> dict[State, int]:
    """How many grades are in each state."""
    return {state: sum(one.state == state for one in found) for state in ("open", "marked", "again")}
