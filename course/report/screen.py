"""The console that tables are printed on."""

import os

from rich.console import Console

PIPED_WIDTH = 120


def wide_console() -> Console:
    """A console on stdout, as wide as the terminal, or as a table needs where there is none."""
    console = Console()
    unknown = not console.is_terminal and "COLUMNS" not in os.environ
    return Console(width=PIPED_WIDTH) if unknown else console
