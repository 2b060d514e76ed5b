"""The `course` command: what subcommands there are. Each is a thin call into the part that does the work."""

import sys
from collections.abc import Callable
from typing import Any

import typer

from course import lean
from course.commands import cards, collecting, exports, grading, looking, machine, making, studying
from course.errors import CourseError

COMMANDS: tuple[Callable[..., Any], ...] = (
    *(making.new, making.build, making.audit),
    *(studying.check, studying.hand_in),
    *(collecting.collect, grading.grade, grading.replay, grading.ways),
    *(looking.feedback, looking.mark, looking.report, looking.similar, looking.serve, looking.review),
    *(machine.demo, machine.doctor, machine.serve_engine),
)
GROUPS: dict[str, tuple[str, dict[str, Callable[..., Any]]]] = {
    "cards": ("Flash cards: what the course mirrors, and decks for Anki.", cards.COMMANDS),
    "export": (
        "Lessons for students, marks for other systems' gradebooks, and graders for their platforms.",
        exports.COMMANDS,
    ),
}


def _app() -> typer.Typer:
    whole = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        help="Build, release, grade and review a course of fill-in notebooks.",
    )
    for command in COMMANDS:
        whole.command()(command)
    for name, (what, commands) in GROUPS.items():
        group = typer.Typer(no_args_is_help=True, help=what)
        for command_name, command in commands.items():
            group.command(command_name)(command)
        whole.add_typer(group, name=name)
    return whole


app = _app()


def main() -> None:
    """Run the command line; a CourseError becomes one line and exit status 1, and so does an I/O error."""
    lean.start()
    try:
        app(prog_name="course")
    except (CourseError, OSError) as error:
        typer.secho(f"error: {error}", fg="red", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
