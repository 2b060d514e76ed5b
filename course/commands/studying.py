"""Commands for students."""

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer


def check(
    notebook: Annotated[Path, typer.Argument(help="The notebook that you work on.")],
    watch: Annotated[bool, typer.Option("--watch", "-w", help="Check again at every save, until Ctrl-C.")] = False,
    all_cells: Annotated[
        bool, typer.Option("--all-cells", help="Also run demonstrations, on which no test and no answer depends.")
    ] = False,
    cell_s: Annotated[int, typer.Option("--cell-s", min=1, help="Stop a cell after this many seconds.")] = 60,
) -> None:
    """Run the tests that you can see, in a fresh kernel, and say how far you are and what to try next."""
    from course.desk.checking import check as check_notebook
    from course.desk.checking import watch as watch_notebook
    from course.handin.finding import notebook_at

    notebook = notebook_at(notebook)
    if watch:
        from course.report.screen import wide_console

        console = wide_console()
        with suppress(KeyboardInterrupt):
            for text in watch_notebook(notebook, all_cells=all_cells, cell_s=cell_s):
                console.clear()
                typer.echo(text)
    else:
        from rich.console import Console

        with Console(stderr=True).status(f"checking {notebook.name} …"):  # seen on a terminal alone
            found = check_notebook(notebook, all_cells=all_cells, cell_s=cell_s)
        typer.echo("\n".join(found.lines()))


def hand_in(notebook: Annotated[Path, typer.Argument(help="The notebook, as saved.")]) -> None:
    """Say which answers of a notebook are filled in, and write a receipt to hand in with it; sends nothing."""
    from course.handin.finding import notebook_at
    from course.handin.handing_in import hand_in as make_ready

    typer.echo("\n".join(make_ready(notebook_at(notebook)).lines()))
