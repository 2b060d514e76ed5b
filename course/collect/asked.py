"""What an instructor asks `course collect` for, and what follows from that: the class, the deadlines, the policy."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from course.collect import extensions, outcome, roster, when
from course.collect.dues import Dues
from course.collect.outcome import Collected
from course.collect.people import People, Student
from course.collect.policy import Policy, policy_of
from course.collect.reading import Platform
from course.collect.roster import Roster
from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.gradebook import deadline as gradebook

ROSTER, EXTENSIONS = "roster.csv", "extensions.csv"  # in the course's folder, where no other is named


@dataclass(frozen=True)
class Wanted:
    """What is asked for; what is None is as it was the last time.

    Attributes:
        roster: a table of the class; `column` is the heading of what names the folders.
        times: a table of when each student handed in.
        platform: where the parcels come from; None to see by the names in them.
        zone: the time zone of times that name none.
        dry_run: change nothing.
    """

    roster: Path | None = None
    column: str | None = None
    times: Path | None = None
    platform: Platform | None = None
    policy: str | None = None
    deadline: str | None = None
    extensions: Path | None = None
    late_days: int | None = None
    zone: str | None = None
    dry_run: bool = False


@dataclass(frozen=True)
class Terms:
    """The class, and what holds for its hand-ins; `known` is None where nobody says who is in it."""

    known: Roster | None
    policy: Policy
    dues: Dues
    where: tzinfo | None
    times: Mapping[str, datetime] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    foreign: Mapping[str, timedelta] = field(default_factory=dict)  # in the gradebook, and not of our making

    @property
    def people(self) -> People | None:
        return self.known.people if self.known else None


def terms(folder: CourseFolder, lesson: str, wanted: Wanted, before: Collected) -> Terms:
    """What holds for a lesson; CourseError where a table, a time or a name that is asked for cannot be read."""
    where = when.zone(wanted.zone)
    known = _class(folder, wanted)
    times = extensions.Times({}, {}, ())
    if wanted.times and known:
        times = extensions.times(wanted.times, known.people, where)
        known = replace(known, people=known.people.with_ids(times.ids))
    deadline = _deadline(folder, lesson, wanted, before, where)
    given = _extensions(folder, lesson, wanted, known, where)
    each = wanted.late_days if wanted.late_days is not None else before.late_days
    spent = outcome.days_spent(folder, lesson)
    dues = Dues(deadline, given.until(deadline), given.late_days, each, spent)
    foreign = _foreign(folder, lesson, before)
    notes = [
        f"the gradebook gives {student} {when.said(length)} more for {lesson}, and no table does: it stays there, and "
        f"does not count here; put it into {EXTENSIONS}"
        for student, length in sorted(foreign.items())
        if student not in dues.extended
    ]
    policy = policy_of(wanted.policy or before.policy)
    return Terms(known, policy, dues, where, times.by_student, (*notes, *times.odd), foreign)


def _class(folder: CourseFolder, wanted: Wanted) -> Roster | None:
    """Who is in the class: by the roster, the names in the gradebook, or the table of times; None without any."""
    path = wanted.roster or folder.root / ROSTER
    if wanted.roster or path.is_file():
        return roster.read(path, wanted.column)
    rows = gradebook.students(folder)
    if any(row.name or row.email for row in rows):  # `course grade` alone makes no class
        return Roster(People(map(_student, rows)), "")
    return roster.read(wanted.times, wanted.column) if wanted.times else None


def _student(row: gradebook.Listed) -> Student:
    return Student(row.id, (row.name,) if row.name else (), frozenset({("", row.email)} if row.email else ()))


def _deadline(
    folder: CourseFolder, lesson: str, wanted: Wanted, before: Collected, where: tzinfo | None
) -> datetime | None:
    """The deadline that is asked for, else the gradebook's, else that of the last time."""
    if wanted.deadline is None:
        return gradebook.due_date(folder, lesson) or before.deadline
    if (found := when.deadline(wanted.deadline, where)) is None:
        raise CourseError(
            f"--deadline {wanted.deadline!r} is no time: write it as 2026-01-31 or 2026-01-31T18:00+01:00"
        )
    return found


def _extensions(
    folder: CourseFolder, lesson: str, wanted: Wanted, known: Roster | None, where: tzinfo | None
) -> extensions.Extensions:
    """What the tables of extensions say; that of their own counts before the roster."""
    path = wanted.extensions or folder.root / EXTENSIONS
    if known is None:
        if wanted.extensions:
            raise CourseError(f"{path} names students, but there is no roster: give one with --roster")
        return extensions.Extensions()
    own = extensions.in_roster(known, lesson, where)
    if wanted.extensions or path.is_file():
        return extensions.in_file(path, known.people, lesson, where).over(own)
    return own


def _foreign(folder: CourseFolder, lesson: str, before: Collected) -> dict[str, timedelta]:
    ours = {line.student: line.extension_s for line in before.lines}
    found = gradebook.extensions(folder, lesson)
    return {student: length for student, length in found.items() if length.total_seconds() != ours.get(student, 0.0)}
