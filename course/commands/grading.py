"""Commands that grade, and those that look into a grading."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from course.commands.options import EngineName, Folder, Jobs, Lesson, RequireApart, RequireJail, Students, Trace
from course.errors import CourseError
from course.folder import CourseFolder

if TYPE_CHECKING:  # it takes time to import
    from course.grading.verdict.model import SubmissionVerdict


def grade(
    lesson: Lesson,
    student: Students = None,
    engine: EngineName = "clozegrad",
    jobs: Jobs = None,
    require_jail: RequireJail = False,
    require_apart: RequireApart = False,
    trace: Trace = False,
    all_cells: Annotated[
        bool, typer.Option("--all-cells", help="Also run the demonstrations on which no point depends.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", "-f", help="Also grade what has not changed since it was graded.")
    ] = False,
    csv: Annotated[Path | None, typer.Option(help="Also write the table as CSV.")] = None,
    moved: Annotated[
        Path | None, typer.Option(help="Also write whose points moved, and why, to this .csv or .json file.")
    ] = None,
    warm: Annotated[  # read by course.grading.warm.client before this is imported
        bool, typer.Option("--warm", help="Start a warm engine if there is none; same as CLOZEGRAD_WARM=1.")
    ] = False,
    cold: Annotated[
        bool, typer.Option("--cold", help="Use no warm engine; also, for every command, by CLOZEGRAD_WARM=0.")
    ] = False,
    course: Folder = None,
) -> None:
    """Grade every submission of a lesson and print one table."""
    from course.grading import jail
    from course.grading.process.torchless import seems_to_bring_torch
    from course.grading.warm.borrowing import fork_server

    if warm and cold:
        raise CourseError("--warm and --cold exclude each other")
    folder = CourseFolder.find(course)
    torch = seems_to_bring_torch(folder.root / "source" / lesson)
    # Unless it is borrowed, it imports while this process does.
    forkserver = fork_server(torch=torch, cold=cold) if engine == "clozegrad" else None

    notes: list[str] = []
    done: list[SubmissionVerdict] = []

    def on_progress(verdict: "SubmissionVerdict") -> None:
        done.append(verdict)
        advance(verdict.student)

    with forkserver or nullcontext(), _until_interrupted(done):
        if forkserver:
            jail.look_ahead()
        from course.grading.plan.exam import notebooks_of
        from course.grading.run import grade as grade_lesson
        from course.grading.submission.files import students_of
        from course.report import table
        from course.report.moved import print_moves, require_ending, write_moves
        from course.report.progress import bar

        if moved:
            require_ending(moved)
        notebooks = len(notebooks_of(folder, lesson))
        with bar(len(students_of(folder, lesson, student)) * notebooks) as advance:
            verdicts = grade_lesson(
                folder,
                lesson,
                student,
                engine=engine,
                jobs=jobs,
                require_jail=require_jail,
                require_apart=require_apart,
                trace=trace,
                all_cells=all_cells,
                force=force,
                forkserver=forkserver,
                on_progress=on_progress,
                on_note=notes.append,
            )
    table.print_table(verdicts)
    print_moves(verdicts)
    for note in notes:
        typer.echo(f"note: {note}")
    if trace:
        typer.echo(f"wrote {folder.traces}/STUDENT/{lesson}/*.jsonl; it contains hidden tests: keep it private")
    if csv:
        table.write_csv(verdicts, csv)
        typer.echo(f"wrote {csv}")
    if moved:
        write_moves(verdicts, moved)
        typer.echo(f"wrote {moved}")


@contextmanager
def _until_interrupted(done: "list[SubmissionVerdict]") -> Iterator[None]:
    """At Ctrl-C, end with a line that says what is kept; however it ends early, say what has moved until then."""
    try:
        yield
    except CourseError:
        _print_moves(done)
        raise
    except KeyboardInterrupt:
        _print_moves(done)
        typer.echo("stopped: what was graded so far is saved; run the command again to grade the rest", err=True)
        raise typer.Exit(130) from None


def _print_moves(done: "list[SubmissionVerdict]") -> None:
    if any(verdict.again for verdict in done):
        from course.report.moved import print_moves

        print_moves(done)


def replay(
    lesson: Lesson,
    student: Annotated[str, typer.Argument(help="Whose hand-in: the name of a folder in submitted/.")],
    exercise: Annotated[str | None, typer.Argument(help="Show only this exercise (default: all).")] = None,
    debug: Annotated[
        bool, typer.Option("--debug", help="Then stop at the call that failed, in a debugger on the student's side.")
    ] = False,
    course: Folder = None,
) -> None:
    """Grade one hand-in again and show what the tests asked and what came back; saves nothing."""
    import functools

    from course.grading.replay import replay as grade_again
    from course.report.conversation import Conversation, print_results
    from course.report.relay import relay
    from course.report.screen import wide_console

    if debug and not sys.stdin.isatty():
        raise CourseError("--debug needs a terminal to type into: run it in one, or leave out --debug")
    console = wide_console()
    verdicts = grade_again(
        CourseFolder.find(course),
        lesson,
        student,
        exercise,
        tell=Conversation(console, exercise).show,
        debugger=functools.partial(relay, sys.stdin.fileno(), sys.stdout) if debug else None,
        on_note=lambda note: typer.echo(f"note: {note}"),
    )
    print_results(verdicts, console, exercise)


def ways(lesson: Lesson, jobs: Jobs = None, course: Folder = None) -> None:
    """Say of each test whether it is graded apart from the student's code or together with it, and why."""
    from course.grading.run import calibrate
    from course.report.ways import print_ways

    print_ways(calibrate(CourseFolder.find(course), lesson, jobs))
