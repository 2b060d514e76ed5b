"""Extensions, late days and times of handing in, as an instructor's tables give them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from course.collect import roster, sheet, when
from course.collect.people import Id, People, Sender
from course.collect.roster import IDS
from course.collect.sheet import Row, Sheet, folded
from course.errors import CourseError

UNTIL = ("extension", "extended until", "extended to", "until", "new deadline", "verlangerung")
LATE_DAYS = ("late days", "slip days", "grace days")
LESSON = ("lesson", "assignment")
TIME: tuple[str, ...] = (
    *("last modified submission", "submitted at", "submission time", "date submitted", "submitted", "time"),
    *("timestamp", "zuletzt geandert abgabe"),
)
_ALL_LESSONS = ("", "*", "all")


@dataclass
class Extensions:
    """Extensions as they are read: a length for some, a time for others, and late days."""

    lengths: dict[str, timedelta] = field(default_factory=dict)
    times: dict[str, datetime] = field(default_factory=dict)
    late_days: dict[str, int] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)

    def add(self, student: str, row: Row, until: str, place: str, where: tzinfo | None) -> None:
        """Take what a row says; CourseError where that is neither a time nor a length of time, nor a number of days."""
        if until:
            self.places[student] = place
            self.lengths.pop(student, None)
            self.times.pop(student, None)
            if (length := when.duration(until)) is not None:
                self.lengths[student] = length
            elif (moment := when.deadline(until, where)) is not None:
                self.times[student] = moment
            else:
                raise CourseError(
                    f"{place}: the extension {until!r} is no time and no length: 2026-01-31 18:00, 2 days"
                )
        if days := row.first(LATE_DAYS):
            if not re.fullmatch(r"\d{1,4}", days):
                raise CourseError(f"{place}: {days!r} late days: write a whole number")
            self.late_days[student] = int(days)

    def over(self, other: "Extensions") -> "Extensions":
        """Both, where this one counts for whoever is in both."""
        mine = self.lengths.keys() | self.times.keys()
        return Extensions(
            {**{name: one for name, one in other.lengths.items() if name not in mine}, **self.lengths},
            {**{name: one for name, one in other.times.items() if name not in mine}, **self.times},
            {**other.late_days, **self.late_days},
            {**other.places, **self.places},
        )

    def until(self, deadline: datetime | None) -> dict[str, datetime]:
        """Each one's own deadline; CourseError for one before that of the class, or a length without one."""
        return dict(self._until(deadline))

    def _until(self, deadline: datetime | None) -> Iterator[tuple[str, datetime]]:
        if self.lengths and deadline is None:
            place = self.places[next(iter(self.lengths))]
            raise CourseError(f"{place} gives an extension, but there is no deadline: give one with --deadline")
        for student, length in self.lengths.items():
            assert deadline is not None
            yield student, deadline + length
        for student, moment in self.times.items():
            if deadline is not None and moment < deadline:
                raise CourseError(
                    f"{self.places[student]}: {student}'s extension ends {moment:%Y-%m-%d %H:%M} UTC, before the "
                    f"deadline of {deadline.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
                )
            yield student, moment


def in_roster(known: roster.Roster, lesson: str, where: tzinfo | None) -> Extensions:
    """The extensions and late days in a roster: those for this lesson under `extension LESSON`, else those for all."""
    found = Extensions()
    own = tuple(f"{heading} {folded(lesson)}" for heading in UNTIL)
    for student, row in known.rows.items():
        found.add(student, row, row.first((*own, *UNTIL)), f"the roster, line {row.line}", where)
    return found


def in_file(path: Path, people: People, lesson: str, where: tzinfo | None) -> Extensions:
    """The extensions and late days of a table of their own; CourseError for a row that is nobody's."""
    table = sheet.read(path)
    found = Extensions()
    for row in table.rows:
        asked = row.first(LESSON)
        if asked.casefold() in _ALL_LESSONS or asked == lesson:
            found.add(named(row, table, people), row, row.first(UNTIL), table.at(row), where)
    return found


@dataclass(frozen=True)
class Times:
    """When students handed in, as a table says; the ids that it has for them; and which times are none."""

    by_student: Mapping[str, datetime]
    ids: Mapping[str, frozenset[Id]]
    odd: tuple[str, ...]


def times(path: Path, people: People, where: tzinfo | None) -> Times:
    """The times in a table such as Moodle's grading worksheet; rows of nobody in the class are passed over."""
    table = sheet.read(path)
    if not set(TIME) & table.headings.keys():
        known = ", ".join(table.headings.values())
        raise CourseError(f"{path} has no column of times, such as 'Last modified (submission)': it has {known}")
    found: dict[str, datetime] = {}
    ids: dict[str, frozenset[Id]] = {}
    odd = []
    for row in table.rows:
        if (student := people.find(sender_of(row, table)).student) is None:
            continue
        ids[student] = frozenset(roster.ids(row, table))
        written = row.first(TIME)
        if (moment := when.moment(written, where)) is not None:
            found[student] = moment
        elif written not in ("", "-"):
            odd.append(f"{table.at(row)}: the time {written!r} cannot be read: write it as 2026-01-31 23:59")
    return Times(found, ids, tuple(odd))


def named(row: Row, table: Sheet, people: People) -> str:
    """The student whom a row is about; CourseError where that is nobody, or not sure."""
    match = people.find(sender_of(row, table))
    if match.student is None:
        near = people.nearly(sender_of(row, table))
        raise CourseError(
            f"{table.at(row)}: {match.reason}"
            + (f"; nearly: {near}" if near else "")
            + ": name the student by their id"
        )
    return match.student


def sender_of(row: Row, table: Sheet) -> Sender:
    """What a row says of its student; under "student", people write names and ids."""
    said = tuple(roster.names(row))
    ids = (*roster.ids(row, table), *(("", name) for name in said))
    return Sender(row.first(IDS) or (said[0] if said else ""), ids, said)
