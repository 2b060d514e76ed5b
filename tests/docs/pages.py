"""Pages that are played: each command that they show is run, and must print what they show.

A page's `console` blocks hold commands after `$ ` and what those print; a line `…` stands for lines left out, and `^C`
for Ctrl-C. A `diff` block changes the file that its first line names. `python -m tests.docs.pages PAGE` plays a page
and writes what was printed into it, where that is not what it shows.
"""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from typer.testing import CliRunner

from course.cli import app
from course.errors import CourseError
from course.folder import CONFIG_NAME

ROOT = Path(__file__).parents[2]
HOME = "/home/you"  # where the pages say that they are played
_BLOCK = re.compile(r"^```(?P<kind>\w+)(?P<about>[^\n]*)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)
_COMMAND = re.compile(r"^\$ (?P<line>[^\n]*)\n(?P<shown>(?:(?!\$ )[^\n]*\n)*)", re.MULTILINE)
_VARIES = (  # what may differ between two machines or two days
    (r"jail: \w+", "jail: JAIL"),
    (r"stopped after \d+ s", "stopped after N s"),
    (r"\b[0-9a-f]{16}\b, \d{4}-\d\d-\d\dT[\d:]+\S*", "HASH, TIME"),
    (r"127\.0\.0\.1:\d+/\?token=\S+", "ADDRESS"),
    (r"process \d+, up for \d+ minutes", "process N, up for N minutes"),
)


@dataclass(frozen=True)
class Block:
    """A fenced block of a page; `about` is what follows its kind."""

    kind: str
    about: str
    body: str


def blocks(text: str) -> Iterator[Block]:
    """The fenced blocks of a page in order."""
    for found in _BLOCK.finditer(text):
        yield Block(found["kind"], found["about"].strip(), found["body"])


def commands(body: str) -> list[tuple[str, str]]:
    """The commands of a `console` block, each with what it is shown to print."""
    return [(found["line"], found["shown"]) for found in _COMMAND.finditer(body)]


@dataclass
class Stage:
    """Where a page is played: a home folder with an empty course in it, and where in it one stands."""

    home: Path
    here: Path = field(init=False)

    def __post_init__(self) -> None:
        self.here = self.home / "clozegrad"
        self.here.mkdir()
        shutil.copy(ROOT / CONFIG_NAME, self.here)
        (self.here / "lessons").mkdir()

    def run(self, line: str, shown: str) -> str:
        """What a command prints; `shown` says after how many lines Ctrl-C comes, if it does."""
        name, *arguments = shlex.split(line, comments=True)
        if name == "cd":
            self.here = (self.here / arguments[0]).resolve()
            return ""
        assert name == "course", f"only `course` and `cd` are played, not {line}"
        os.chdir(self.here)
        printed = self._until_ctrl_c(arguments, shown) if "^C" in shown else _course(arguments)
        return printed.replace(str(self.home), HOME)

    def edit(self, body: str) -> None:
        """Change a file as a `diff` block says: the lines with `-`, which must stand there, for those with `+`."""
        first, *lines = body.splitlines()
        path = self.here / first.removeprefix("--- ")
        before, after = ("".join(f"{line[1:]}\n" for line in lines if line[0] in f" {sign}") for sign in "-+")
        text = path.read_text("utf-8")
        assert text.count(before) == 1, f"{path.name} does not hold this once:\n{before}"
        path.write_text(text.replace(before, after), "utf-8")

    def _until_ctrl_c(self, arguments: list[str], shown: str) -> str:
        expected = shown.partition("^C")[0].count("\n")
        server = subprocess.Popen(
            [sys.executable, "-m", "course", *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        assert server.stdout is not None
        with server:
            lines = [server.stdout.readline() for _ in range(expected)]
            server.send_signal(signal.SIGINT)
            return "".join([*lines, "^C\n", *server.stdout])


def _course(arguments: list[str]) -> str:
    done = CliRunner().invoke(app, arguments)
    if isinstance(done.exception, CourseError):
        return f"{done.output}error: {done.exception}\n"
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def is_as_shown(shown: str, printed: str) -> bool:
    """Whether a command printed what its page shows, but for what varies and what is left out."""
    wanted, lines = _plain(shown), _plain(printed)
    pattern = "".join(r"(?:.*\n)*?" if line.strip() == "…" else re.escape(line) + "\n" for line in wanted)
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in lines)) is not None


def _plain(text: str) -> list[str]:
    for pattern, name in _VARIES:
        text = re.sub(pattern, name, text)
    return [line.rstrip() for line in text.strip("\n").splitlines() if line.strip()]


def play(text: str, home: Path) -> Iterator[tuple[str, str, str]]:
    """Play a page: each command that shows an output, with what it is shown to print and what it prints."""
    stage = Stage(home)
    for block in blocks(text):
        if block.kind == "diff":
            stage.edit(block.body)
        elif block.kind == "console":
            for line, shown in commands(block.body):
                yield line, shown, stage.run(line, shown)


def renewed(text: str, home: Path) -> str:
    """A page with what its commands print now, where that is not what it shows."""
    for line, shown, printed in play(text, home):
        if not is_as_shown(shown, printed):
            kept = "\n".join(one.rstrip() for one in printed.strip("\n").splitlines())
            text = text.replace(f"$ {line}\n{shown}", f"$ {line}\n{kept}\n" if kept else f"$ {line}\n", 1)
    return text


if __name__ == "__main__":
    for page in map(Path.resolve, map(Path, sys.argv[1:])):
        with tempfile.TemporaryDirectory() as home:
            page.write_text(renewed(page.read_text("utf-8"), Path(home).resolve()), "utf-8")
