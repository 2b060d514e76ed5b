"""Commands that grade, and those that look into a grading."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from course.commands.options import (
    Database,
    EngineName,
    Folder,
    Gpu,
    Jobs,
    Lesson,
    RequireApart,
    RequireJail,
    Scheduler,
    Students,
    Trace,
    Workers,
)
from course.errors import CourseError
from course.folder import CourseFolder

if TYPE_CHECKING:  # they take time to import
    from course.grading.process.forkserver import ForkServer
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
    scheduler: Scheduler = None,
    workers: Workers = None,
    gpu: Gpu = False,
    db: Database = None,
    course: Folder = None,
) -> None:
    """Grade every submission of a lesson and print one table."""
    from course.grading.cluster.joining import cluster

    if warm and cold:
        raise CourseError("--warm and --cold exclude each other")
    elsewhere = cluster(scheduler, workers, gpu=gpu, jobs=jobs, trace=trace, engine=engine != "clozegrad", warm=warm)
    folder = CourseFolder.find(course).keeping_scores_in(db)
    here = engine == "clozegrad" and not elsewhere
    wishes: dict[str, Any] = {"engine": engine, "jobs": jobs, "trace": trace, "all_cells": all_cells, "force": force}
    wishes |= {"require_jail": require_jail, "require_apart": require_apart, "cluster": elsewhere}
    # Unless it is borrowed, it imports while this process does.
    forkserver = _fork_server(folder, lesson, cold=cold) if here else None
    verdicts, notes = _graded(folder, lesson, student, forkserver, moved, wishes)

    from course.grading.gradebook.saved import with_marks
    from course.report import table
    from course.report.moved import print_moves, write_moves

    shown = with_marks(folder, lesson, verdicts)
    table.print_table(shown)
    print_moves(verdicts)
    for note in notes:
        typer.echo(f"note: {note}")
    if trace:
        typer.echo(f"wrote {folder.traces}/STUDENT/{lesson}/*.jsonl; it contains hidden tests: keep it private")
    if csv:
        table.write_csv(shown, csv)
        typer.echo(f"wrote {csv}")
    if moved:
        write_moves(verdicts, moved)
        typer.echo(f"wrote {moved}")


def _fork_server(folder: CourseFolder, lesson: str, *, cold: bool) -> "ForkServer":
    from course.grading.process.torchless import seems_to_bring_torch
    from course.grading.warm.borrowing import fork_server

    return fork_server(torch=seems_to_bring_torch(folder.root / "source" / lesson), cold=cold)


def _graded(
    folder: CourseFolder,
    lesson: str,
    students: list[str] | None,
    forkserver: "ForkServer | None",
    moved: Path | None,
    wishes: dict[str, Any],
) -> "tuple[list[SubmissionVerdict], list[str]]":
    """What became of each hand-in, under a bar that shows how far it is, and what is to be told of the whole class."""
    notes: list[str] = []
    done: list[SubmissionVerdict] = []

    def on_progress(verdict: "SubmissionVerdict") -> None:
        done.append(verdict)
        advance(verdict.student)

    with forkserver or nullcontext(), _until_interrupted(done, force=bool(wishes["force"])):
        if forkserver:
            from course.grading import jail

            jail.look_ahead()
        from course.folder import notebooks_of
        from course.grading.run import grade as grade_lesson
        from course.grading.submission.files import students_of
        from course.report.moved import require_ending
        from course.report.progress import bar

        if moved:
            require_ending(moved)
        count = len(students_of(folder, lesson, students)) * len(notebooks_of(folder, lesson))
        with bar(count) as advance:
            told: dict[str, Any] = {"forkserver": forkserver, "on_progress": on_progress, "on_note": notes.append}
            told["on_start"] = lambda word: typer.echo(f"note: {word}", err=True)
            return grade_lesson(folder, lesson, students, **wishes, **told), notes


@contextmanager
def _until_interrupted(done: "list[SubmissionVerdict]", *, force: bool) -> Iterator[None]:
    """At Ctrl-C, end with a line that says what is kept; however it ends early, say what has moved until then."""
    try:
        yield
    except CourseError:
        _print_moves(done)
        raise
    except KeyboardInterrupt:
        _print_moves(done)
        again = "without --force " if force else ""
        typer.echo(
            f"stopped: what was graded so far is saved; run the command again {again}to grade the rest", err=True
        )
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
