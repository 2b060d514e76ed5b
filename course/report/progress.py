"""How far a long command has come, for whoever waits: a bar on the terminal that is gone when the result appears."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn


@contextmanager
def bar(total: int, console: Console | None = None) -> Iterator[Callable[[str], None]]:
    """A bar of `total` steps on stderr; call what it yields with each step's name. Silent where nobody watches."""
    console = console or Console(stderr=True)
    columns = (TextColumn("{task.description:<20.20}", markup=False), BarColumn(), MofNCompleteColumn())
    times = (TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, *times, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("starting", total=total)
        yield lambda name: progress.update(task, advance=1, description=name)
