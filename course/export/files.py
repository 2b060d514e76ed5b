"""`course export csv`, `canvas` and `moodle`: the tables as files, for their owner alone."""

from dataclasses import dataclass
from pathlib import Path

from course.export import tables
from course.export.marks import Marks, marks
from course.export.tables import Table
from course.folder import CourseFolder
from course.whole import write_whole

PRIVATE = 0o600


@dataclass(frozen=True)
class Exported:
    """What was written, as a person is told of it."""

    path: Path
    shown: str
    what: str
    notes: tuple[str, ...] = ()


def write_csv(
    folder: CourseFolder, lesson: str, roster: Path | None = None, column: str | None = None, out: Path | None = None
) -> Exported:
    """Write the marks by exercise; CourseError when nothing is graded."""
    found = marks(folder, lesson, roster, column)
    return _written(folder, found, tables.own(found), out, "csv")


def write_canvas(
    folder: CourseFolder,
    lesson: str,
    roster: Path | None = None,
    column: str | None = None,
    out: Path | None = None,
    assignment: str = "",
    *,
    missing_zero: bool = False,
) -> Exported:
    """Write what Canvas imports; CourseError when nothing is graded."""
    found = marks(folder, lesson, roster, column)
    return _written(folder, found, tables.canvas(found, assignment, missing_zero=missing_zero), out, "canvas.csv")


def write_moodle(
    folder: CourseFolder,
    lesson: str,
    roster: Path | None = None,
    column: str | None = None,
    out: Path | None = None,
    *,
    missing_zero: bool = False,
) -> Exported:
    """Write what Moodle imports; CourseError when nothing is graded."""
    found = marks(folder, lesson, roster, column)
    return _written(folder, found, tables.moodle(found, missing_zero=missing_zero), out, "moodle.csv")


def _written(folder: CourseFolder, found: Marks, table: Table, out: Path | None, ending: str) -> Exported:
    path = out or folder.exports / f"{found.lesson}.{ending}"
    write_whole(path, table.text.encode(), PRIVATE)
    what = f"{len(found.students)} students, {found.points:g} points"
    return Exported(path, shown_as(folder, path), what, (*found.notes, *table.notes))


def shown_as(folder: CourseFolder, path: Path) -> str:
    """A path as a person would write it who stands in the course's folder."""
    return str(path.relative_to(folder.root)) if path.is_relative_to(folder.root) else str(path)
