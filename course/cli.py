"""The ``course`` command: one function a subcommand, each a thin call into the part that does the work."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from course.errors import CourseError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Build, release, grade and review a course of fill-in notebooks.",
)

Course = Annotated[Path | None, typer.Option("--course", help="The course folder (default: the one you are in).")]
Lesson = Annotated[str, typer.Argument(help="The lesson's name, such as 04_mnist_baseline.")]
Students = Annotated[list[str] | None, typer.Option("--student", "-s", help="Only this student; may be repeated.")]
Engine = Annotated[str, typer.Option(help="clozegrad: tests outside the student's process. nbgrader: all in one kernel.")]


def main() -> None:
    """Run the command line; a CourseError becomes one line and exit status 1."""
    try:
        app()
    except CourseError as error:
        typer.secho(f"error: {error}", fg="red", err=True)
        raise SystemExit(1) from None
