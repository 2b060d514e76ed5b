"""Commands for those who write lessons."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from course.commands.options import Folder, Jobs, Lessons
from course.folder import CourseFolder


def new(name: Annotated[str, typer.Argument(help="NN_topic, such as 13_graphs.")], course: Folder = None) -> None:
    """Make a lesson to start from: one that builds, releases and grades."""
    from course.authoring.new import new_lesson

    typer.echo(f"wrote {new_lesson(CourseFolder.find(course), name)}; next: course build {name}")


def build(
    lessons: Lessons = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; say what is stale or leaks, and fail.")
    ] = False,
    edition: Annotated[
        str,
        typer.Option(help="class: source/ and release/; self-study: selfstudy/, with sealed solutions."),
    ] = "class",
    course: Folder = None,
) -> None:
    """Make source/ and release/ from lessons/, or the edition for self-study; the same bytes each time."""
    from course.authoring.pipeline import build as build_lessons
    from course.authoring.pipeline import edition_of

    outcomes = build_lessons(CourseFolder.find(course), lessons or [], check=check, edition=edition_of(edition))
    for outcome in outcomes:
        typer.echo(outcome)


def audit(
    lessons: Lessons = None,
    exercise: Annotated[str | None, typer.Option("--exercise", "-e", help="Only this exercise of one lesson.")] = None,
    mutants: Annotated[bool, typer.Option(help="Also try the solutions with one small mistake each.")] = True,
    only: Annotated[
        list[str] | None,
        typer.Option(help="Only trials of this kind, such as spoiler or panel-right; may be given several times."),
    ] = None,
    sample: Annotated[
        int | None, typer.Option(min=1, help="Only this many trials of each kind per exercise, others each day.")
    ] = None,
    day: Annotated[
        datetime | None,
        typer.Option("--date", formats=["%Y-%m-%d"], help="Take the sample of this day (default: today)."),
    ] = None,
    seeds: Annotated[
        int, typer.Option(min=0, help="Also try right answers with this many seeds, and wrong ones with at most 20.")
    ] = 0,
    demonstrations: Annotated[
        bool,
        typer.Option(
            "--demonstrations",
            help="Also grade every right and wrong answer in whole notebooks, with the demonstrations and without.",
        ),
    ] = False,
    jobs: Jobs = None,
    json: Annotated[Path | None, typer.Option(help="Also write the result as JSON.")] = None,
    table: Annotated[Path | None, typer.Option(help="Also write the result as a page of tables.")] = None,
    course: Folder = None,
) -> None:
    """Try a lesson's tests: every right answer, wrong answer and mutant, through the engine; fails below the bar.

    `--only seeds` with `--seeds N` tries the draws alone, without the engine; `--only demonstrations` does that alone.
    """
    from course.audit.run import Wanted, audit_lessons, chosen_kinds

    kinds = chosen_kinds(only, mutants=mutants)
    both_ways = demonstrations or "demonstrations" in (only or ())
    wanted = Wanted(kinds, exercise, jobs, sample, str((day or datetime.now()).date()), seeds, both_ways)
    if not audit_lessons(CourseFolder.find(course), lessons or [], wanted, json=json, table=table):
        raise typer.Exit(1)
