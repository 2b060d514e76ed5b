"""`course collect`."""

from pathlib import Path
from typing import Annotated

import typer

from course.commands.options import Folder, Lesson
from course.folder import CourseFolder


def collect(
    lesson: Lesson,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="What the platform hands over: zip files or folders (default: judge what is kept anew)."),
    ] = None,
    roster: Annotated[
        Path | None, typer.Option(help="A CSV of the class (default: roster.csv, else the gradebook's students).")
    ] = None,
    column: Annotated[
        str | None, typer.Option("--id", metavar="COLUMN", help="The roster's column that names the students' folders.")
    ] = None,
    platform: Annotated[
        str,
        typer.Option(
            "--from", help="auto, moodle, canvas, blackboard, classroom, github, nbgrader or folders, one a student."
        ),
    ] = "auto",
    policy: Annotated[
        str | None,
        typer.Option(help="Which attempt counts: latest, last-on-time, best or first (default: as before, or latest)."),
    ] = None,
    deadline: Annotated[
        str | None,
        typer.Option(help="2026-01-31, which means its end, or 2026-01-31T18:00 (default: the gradebook's)."),
    ] = None,
    extensions: Annotated[
        Path | None, typer.Option(help="A CSV of extensions and late days by student (default: extensions.csv).")
    ] = None,
    late_days: Annotated[
        int | None, typer.Option("--late-days", min=0, help="Late days that each student has in the whole course.")
    ] = None,
    times: Annotated[
        Path | None, typer.Option(help="A CSV of when each handed in, such as Moodle's grading worksheet.")
    ] = None,
    timezone: Annotated[
        str | None, typer.Option(help="Of times that name none, such as Europe/Berlin (default: this machine's).")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be collected and write nothing.")] = False,
    csv: Annotated[Path | None, typer.Option(help="Also write the table as CSV.")] = None,
    json: Annotated[Path | None, typer.Option(help="Also write what was found as JSON.")] = None,
    course: Folder = None,
) -> None:
    """Collect hand-ins from a learning platform: keep every attempt, lay the one that counts out in submitted/."""
    from course.collect import outcome, table, when
    from course.collect.asked import Wanted
    from course.collect.reading import platform_of
    from course.collect.run import collect as collect_lesson

    asked = Wanted(
        roster, column, times, platform_of(platform), policy, deadline, extensions, late_days, timezone, dry_run
    )
    found = collect_lesson(CourseFolder.find(course), lesson, paths or [], asked)
    table.print_table(found, when.zone(timezone))
    for note in found.notes:
        typer.echo(f"note: {note}")
    if csv:
        table.write_csv(found, csv)
        typer.echo(f"wrote {csv}")
    if json:
        json.write_text(outcome.as_json(found), "utf-8")
        typer.echo(f"wrote {json}")
    if not found.is_whole:
        typer.secho("not everything was collected: see above", fg="red", err=True)
        raise typer.Exit(1)
