"""The page of the command line, from the commands themselves, and from the guides what each prints."""

import re
from pathlib import Path
from typing import Any

import typer

from course.cli import app

HERE = Path(__file__).parent
GUIDES = ("first_day_student.md", "first_day_instructor.md", "first_day_author.md")
_CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_COMMAND = re.compile(r"^\$ (?P<line>course [^\n]*)\n(?P<shown>(?:(?!\$ )[^\n]*\n)+)", re.MULTILINE)
HEAD = "# Commands\n\nEvery command prints this with `--help`. Errors name the file and the way out, and exit with 1."


def write(target: Path) -> None:
    """Write the page of every command with its arguments and options."""
    parts = [HEAD]
    for name, command in commands():
        parts += [f"## `{name}`", command.help or "", _usage(name, command), _options(command), example(name)]
    target.write_text("\n\n".join(part for part in parts if part) + "\n", "utf-8")


def commands() -> list[tuple[str, Any]]:
    """Every command with its whole name."""
    return _commands("course", typer.main.get_command(app))


def example(name: str) -> str:
    """A command as the first guide that runs it shows it; empty where none does. The tests play the guides."""
    for guide in GUIDES:
        text = (HERE / guide).read_text("utf-8")
        title = text.partition("\n")[0].removeprefix("# ")
        for block in _CONSOLE.findall(text):
            for found in _COMMAND.finditer(block):
                if f"{found['line']} ".startswith(f"{name} "):
                    return f"In [{title.lower()}]({guide}):\n\n```console\n{found[0]}```"
    return ""


def _commands(name: str, command: Any) -> list[tuple[str, Any]]:
    """The commands below one, each with its whole name; typer's own classes, so nothing is asked of their type."""
    inner = getattr(command, "commands", None)
    if inner is None:
        return [(name, command)]
    return [pair for each, one in inner.items() for pair in _commands(f"{name} {each}", one)]


def _usage(name: str, command: Any) -> str:
    pieces = command.collect_usage_pieces(command.context_class(command))
    return f"```\n{name} {' '.join(pieces)}\n```"


def _options(command: Any) -> str:
    rows = []
    for parameter in command.params:
        text = str(getattr(parameter, "help", None) or "").replace("|", "\\|")
        names = ", ".join(parameter.opts) if parameter.param_type_name == "option" else str(parameter.name).upper()
        rows.append(f"| `{names}` | {text} |")
    return "\n".join(["| argument or option | what it does |", "|---|---|", *rows]) if rows else ""
