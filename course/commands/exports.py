"""`course export`: lessons for students, marks and graders for other systems."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from course.commands.options import Folder, Lesson, MissingZero, Out, RosterColumn, RosterFile
from course.folder import CourseFolder

if TYPE_CHECKING:
    from course.export.files import Exported


def lesson(lesson: Lesson, out: Out = None, course: Folder = None) -> None:
    """Write the zip file that students get: the released lesson, the package that it needs, and how to install that."""
    from course.export.handout import write_handout

    _exported(write_handout(CourseFolder.find(course), lesson, out))


def csv(
    lesson: Lesson, roster: RosterFile = None, column: RosterColumn = None, out: Out = None, course: Folder = None
) -> None:
    """Write the marks by exercise for a spreadsheet, as the gradebook counts them."""
    from course.export.files import write_csv

    _exported(write_csv(CourseFolder.find(course), lesson, roster, column, out))


def canvas(
    lesson: Lesson,
    roster: RosterFile = None,
    column: RosterColumn = None,
    assignment: Annotated[
        str, typer.Option(help="The column's heading in Canvas's own export, such as 'MNIST (1234)' (default: LESSON).")
    ] = "",
    missing_zero: MissingZero = False,
    out: Out = None,
    course: Folder = None,
) -> None:
    """Write the marks as Canvas's gradebook imports them; the roster is best an export of that gradebook."""
    from course.export.files import write_canvas

    folder = CourseFolder.find(course)
    _exported(write_canvas(folder, lesson, roster, column, out, assignment, missing_zero=missing_zero))


def moodle(
    lesson: Lesson,
    roster: RosterFile = None,
    column: RosterColumn = None,
    missing_zero: MissingZero = False,
    out: Out = None,
    course: Folder = None,
) -> None:
    """Write the marks as Moodle imports them; a roster that is a grading worksheet comes back filled in."""
    from course.export.files import write_moodle

    _exported(write_moodle(CourseFolder.find(course), lesson, roster, column, out, missing_zero=missing_zero))


def gradescope(
    lesson: Lesson,
    hidden: Annotated[
        str, typer.Option(help="When students see hidden tests: after_published, after_due_date or visible.")
    ] = "after_published",
    without_jail: Annotated[
        bool, typer.Option("--without-jail", help="Grade also where the container has no jail: tests can be read then.")
    ] = False,
    out: Out = None,
    course: Folder = None,
) -> None:
    """Write the zip file of a Gradescope autograder: the lesson with its hidden tests, and clozegrad itself."""
    from course.export.gradescope import write_gradescope

    _exported(write_gradescope(CourseFolder.find(course), lesson, out, hidden, without_jail=without_jail))


def github_classroom(
    lesson: Lesson,
    install: Annotated[str, typer.Option(help="What pip installs (default: the course's repository).")] = "",
    out: Annotated[Path | None, typer.Option(help="The folder to write (default: in exports/).")] = None,
    course: Folder = None,
) -> None:
    """Write a template repository for GitHub Classroom, whose workflow runs the tests that students can see."""
    from course.export.classroom import write_classroom

    _exported(write_classroom(CourseFolder.find(course), lesson, out, install))


def _exported(written: "Exported") -> None:
    for note in written.notes:
        typer.echo(f"note: {note}")
    typer.echo(f"wrote {written.shown}, {written.what}")


COMMANDS: dict[str, Callable[..., Any]] = {
    "lesson": lesson,
    "csv": csv,
    "canvas": canvas,
    "moodle": moodle,
    "gradescope": gradescope,
    "github-classroom": github_classroom,
}
