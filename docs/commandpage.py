"""The page of the command line, from the commands themselves."""

from pathlib import Path
from typing import Any

import typer

from course.cli import app

HEAD = "# Commands\n\nEvery command prints this with `--help`. Errors name the file and the way out, and exit with 1."


def write(target: Path) -> None:
    """Write the page of every command with its arguments and options."""
    parts = [HEAD]
    for name, command in _commands("course", typer.main.get_command(app)):
        parts += [f"## `{name}`", command.help or "", _usage(name, command), _options(command)]
    target.write_text("\n\n".join(part for part in parts if part) + "\n", "utf-8")


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
