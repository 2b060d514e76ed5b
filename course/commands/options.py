"""Arguments and options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

Folder = Annotated[
    Path | None, typer.Option("--course", metavar="FOLDER", help="The course (default: the one you are in).")
]


def _name(given: str) -> str:
    """A lesson's name, of which a shell may have made a folder's: `04_mnist_baseline/`."""
    return Path(given).name or given


Lesson = Annotated[str, typer.Argument(help="A lesson's name, such as 04_mnist_baseline.", callback=_name)]
Lessons = Annotated[list[str] | None, typer.Argument(help="Lesson names (default: all).")]
Students = Annotated[list[str] | None, typer.Option("--student", "-s", help="Only this student; may be repeated.")]
EngineName = Annotated[
    str, typer.Option("--engine", help="clozegrad: tests outside the student's process; nbgrader: all in one kernel.")
]
Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs", "-j", min=1, help="Submissions graded at once (default: as many as cores and memory allow)."
    ),
]
RequireJail = Annotated[bool, typer.Option("--require-jail", help="Refuse to grade without the strongest jail.")]
RequireApart = Annotated[
    bool, typer.Option("--require-apart", help="Refuse to run a test in the process of the student's code.")
]
Trace = Annotated[
    bool,
    typer.Option("--trace", help="Also write to traces/ what the tests asked and what came back; keep it private."),
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        "--scheduler", metavar="ADDRESS", help="Grade on the workers of this Dask scheduler: tls://HOST:8786."
    ),
]
Workers = Annotated[
    int | None, typer.Option("--workers", min=1, help="Grade in this many Dask workers on this machine.")
]
Gpu = Annotated[bool, typer.Option("--gpu", help="With these: only on workers started with --resources GPU=1.")]
Database = Annotated[
    str | None,
    typer.Option("--db", metavar="URL", help="The gradebook of this run (default: as nbgrader_config.py says)."),
]
RosterFile = Annotated[
    Path | None,
    typer.Option("--roster", help="A CSV of the class (default: roster.csv, else the gradebook's students)."),
]
RosterColumn = Annotated[
    str | None, typer.Option("--id", metavar="COLUMN", help="The roster's column that names the students' folders.")
]
MissingZero = Annotated[bool, typer.Option("--missing-zero", help="Write 0 where nothing was graded, not nothing.")]
Out = Annotated[Path | None, typer.Option(help="The file to write (default: in exports/).")]
