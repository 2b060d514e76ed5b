"""The console that tables are printed on, and what students' code may put there."""

import os
import re

from rich.console import Console

PIPED_WIDTH = 120
_STEERING = re.compile(
    r"(?:\x1b\[|\x9b)[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f-\x9f]"
    r"|[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)

_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def wide_console() -> Console:
    """A console on stdout, as wide as the terminal, or as a table needs where there is none."""
    console = Console()
    unknown = not console.is_terminal and "COLUMNS" not in os.environ
    return Console(width=PIPED_WIDTH) if unknown else console


def harmless(text: str) -> str:
    """Text of students' code without what steers a terminal or turns the way of writing; lines and tabs stay."""
    return _STEERING.sub("", text)


def unturned(code: str) -> str:
    """Code in which signs that turn the way of writing are spelt: else it could be read as other code than it is."""
    return _TURNING.sub(lambda sign: f"\\u{ord(sign[0]):04x}", code)
