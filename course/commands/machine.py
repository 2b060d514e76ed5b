"""Commands about this machine."""

from pathlib import Path
from typing import Annotated

import typer

from course.commands.options import EngineName, Folder, Jobs
from course.errors import CourseError
from course.folder import CourseFolder


def demo(
    lesson: Annotated[str, typer.Argument(help="The lesson to try.")] = "04_mnist_baseline",
    engine: EngineName = "clozegrad",
    jobs: Jobs = None,
    out: Annotated[
        Path | None, typer.Option(help="Where the scratch course goes (default: a temporary folder).")
    ] = None,
    to_collect: Annotated[
        bool, typer.Option("--zip", help="Only write what they handed in, as Moodle packs it, for you to collect.")
    ] = False,
    course: Folder = None,
) -> None:
    """Grade a simulated class, with the mess that real classes hand in, in a scratch folder."""
    from course.demo.run import demo as run_demo
    from course.demo.run import lay_out

    if to_collect:
        lay_out(CourseFolder.find(course), lesson, out)
        return
    run_demo(CourseFolder.find(course), lesson, out, engine=engine, jobs=jobs)


def serve_engine(
    idle_minutes: Annotated[
        float, typer.Option("--idle-minutes", min=0, help="Exit after this many idle minutes.")
    ] = 30.0,
    stop: Annotated[bool, typer.Option("--stop", help="Stop the running engines.")] = False,
    status: Annotated[bool, typer.Option("--status", help="List the running engines.")] = False,
) -> None:
    """Keep the grader ready between commands, for yourself on this machine, until Ctrl-C or an idle while."""
    from course.grading.warm import running

    if stop:
        typer.echo(f"ended: {running.stop_all()}")
    elif status:
        typer.echo(running.report())
    else:
        running.serve(idle_minutes * 60)


def doctor(course: Folder = None) -> None:
    """Say what is installed, which device, jail and data there are, what is missing and how to get it."""
    from course.doctor import examine, print_report

    try:
        folder = CourseFolder.find(course)
    except CourseError:
        folder = None
    findings = examine(folder)
    print_report(findings)
    if any(finding.status == "missing" for finding in findings):
        raise typer.Exit(1)
