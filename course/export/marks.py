"""The marks of a class as every export has them: points by exercise, the total that counts, and comments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbgrader.utils import is_grade, is_task

from course.collect import roster as rosters
from course.collect import sheet
from course.collect.people import People, Sender, Student
from course.collect.roster import Roster
from course.collect.sheet import Row, Sheet
from course.errors import CourseError
from course.folder import CourseFolder, notebooks_of
from course.grading.gradebook.scores import Cell, Scored, scores
from course.report.table import title

ROSTER = "roster.csv"
_NO_RESPONSE = "No response."  # nbgrader's own remark on a blank answer


@dataclass(frozen=True)
class Exercise:
    """One graded cell of a lesson: its key in the gradebook, what to call it, and its points."""

    cell: Cell
    name: str
    points: float


@dataclass(frozen=True)
class Mark:
    """One student: who they are in the roster, and what the gradebook has for them; None where that has nobody."""

    student: str
    row: Row | None
    scored: Scored | None

    @property
    def is_graded(self) -> bool:
        return self.scored is not None and bool(self.scored.scores)

    @property
    def total(self) -> float | None:
        """The points that count; None where nothing was graded."""
        return self.scored.total if self.scored and self.is_graded else None

    @property
    def name(self) -> str:
        """The whole name, as far as it is known."""
        named = next(rosters.names(self.row), "") if self.row else ""
        known = f"{self.scored.first_name} {self.scored.last_name}".strip() if self.scored else ""
        return named or known or self.student

    def value(self, *headings: str) -> str:
        """What the roster has under the first of these headings that it has anything under."""
        return self.row.first(headings) if self.row else ""


@dataclass(frozen=True)
class Marks:
    """A lesson's exercises in order, everybody's marks, and what whoever exports them should know."""

    lesson: str
    exercises: tuple[Exercise, ...]
    students: tuple[Mark, ...]
    roster: Path | None
    notes: tuple[str, ...]

    @property
    def points(self) -> float:
        """What the lesson is worth."""
        return sum(exercise.points for exercise in self.exercises)

    def said(self, mark: Mark) -> str:
        """What people wrote to a student about their answers, by exercise."""
        comments = mark.scored.comments if mark.scored else {}
        told = [(title(cell[1]), text.strip()) for cell, text in comments.items() if text.strip() != _NO_RESPONSE]
        return "; ".join(f"{name}: {text}" for name, text in told)


def marks(folder: CourseFolder, lesson: str, roster: Path | None = None, column: str | None = None) -> Marks:
    """The marks of everybody in the roster, or else in the gradebook; CourseError when nothing is graded yet.

    Args:
        roster: a table of the class (default: the course's roster.csv, where there is one).
        column: the roster's column that names the students' folders.
    """
    exercises = tuple(_exercises(folder, lesson))
    scored = {one.student: one for one in scores(folder, lesson)}
    if not any(one.scores for one in scored.values()):
        raise CourseError(f"nobody has a grade for {lesson} in the gradebook: run `course grade {lesson}`")
    usual = folder.root / ROSTER
    path = roster or (usual if usual.is_file() else None)
    if path is None:
        found = tuple(Mark(name, None, scored[name]) for name in sorted(scored))
        return Marks(lesson, exercises, found, None, tuple(_notes(found, scored, None)))
    listed, table = rosters.read(path, column), sheet.read(path)
    people = rosters.read(usual).people if usual.is_file() else _people(scored)
    rows = {_whose(own, row, table, people, scored): row for own, row in listed.rows.items()}
    found = tuple(Mark(name, row, scored.get(name)) for name, row in rows.items())
    return Marks(lesson, exercises, found, path, tuple(_notes(found, scored, listed)))


def _whose(own: str, row: Row, table: Sheet, people: People, scored: Mapping[str, Scored]) -> str:
    """The student of the course whom a row of a roster is about, which may call them otherwise than the course does."""
    if own in scored:
        return own
    sender = Sender(own, tuple(rosters.ids(row, table)), tuple(rosters.names(row)))
    return people.find(sender).student or own


def _people(scored: Mapping[str, Scored]) -> People:
    """The students of the gradebook, by what it knows of them."""
    named = ((one, f"{one.first_name} {one.last_name}".strip()) for one in scored.values())
    return People(
        Student(one.student, (name,) if name else (), frozenset({("", one.email)} if one.email else ()))
        for one, name in named
    )


def _exercises(folder: CourseFolder, lesson: str) -> list[Exercise]:
    paths = notebooks_of(folder, lesson)
    found = []
    for path in paths:
        for cell in nbformat.read(path, as_version=4).cells:
            if is_grade(cell) or is_task(cell):
                meta = cell.metadata["nbgrader"]
                name = title(meta["grade_id"])
                found.append(
                    Exercise(
                        (path.stem, meta["grade_id"]),
                        name if len(paths) == 1 else f"{path.stem}/{name}",
                        float(meta.get("points") or 0.0),
                    )
                )
    return found


def _notes(found: Sequence[Mark], scored: Mapping[str, Scored], roster: Roster | None) -> list[str]:
    notes = list(roster.notes) if roster else []
    if waiting := [mark.student for mark in found if mark.scored and mark.scored.is_waiting]:
        notes.append(f"{_count(waiting)} with answers that a person has yet to score: those count as 0 for now")
    if missing := [mark.student for mark in found if not mark.is_graded]:
        notes.append(f"{_count(missing)} without a grade: {_some(missing)}")
    known = {mark.student for mark in found}
    if unlisted := [one.student for one in scored.values() if one.scores and one.student not in known]:
        notes.append(f"left out, since the roster does not have them: {_some(unlisted)}")
    return notes


def _count(students: Sequence[str]) -> str:
    return f"{len(students)} student{'' if len(students) == 1 else 's'}"


def _some(students: Sequence[str]) -> str:
    return ", ".join(students[:8]) + (f" and {len(students) - 8} more" if len(students) > 8 else "")
