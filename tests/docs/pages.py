"""Pages that are played: each command that they show is run, and must print what they show.

A page's `console` blocks hold commands after `$ ` and what those print; a line `…` stands for lines left out, and `^C`
for Ctrl-C. A `diff` block changes the file that its first line names. A `python` block is for the student's notebook,
a `text` block below it is what the notebook prints, and so after the comments `solve EXERCISE` and `run CELL`.
`python -m tests.docs.pages PAGE` plays a page and writes what was printed into it, where that is not what it shows.
"""

import contextlib
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
from tests.docs.desk import LESSON, Desk

ROOT = Path(__file__).parents[2]
HOME = "/home/you"  # where the pages say that they are played
_BLOCK = re.compile(
    r"^```(?P<kind>\w+)\n(?P<body>.*?)^```$|^<!-- (?P<order>solve|run) (?P<what>.*?) -->$", re.DOTALL | re.MULTILINE
)
_COMMAND = re.compile(r"^\$ (?P<line>[^\n]*)\n(?P<shown>(?:(?!\$ )[^\n]*\n)*)", re.MULTILINE)
_VARIES = (  # what may differ between two machines or two days
    (r"jail: \w+", "jail: JAIL"),
    (r"^ \w+ +jail  .*", "JAIL"),
    (r"stopped after \d+ s", "stopped after N s"),
    (r"\b[0-9a-f]{16}\b, \d{4}-\d\d-\d\dT[\d:]+\S*", "HASH, TIME"),
    (r"127\.0\.0\.1:\d+/\?token=\S+", "ADDRESS"),
    (r"no warm engine runs in \S+", "no warm engine runs in FOLDER"),
    (r"\b[\d.]+ m?s$", "TIME"),
    (r"\b[\d.]+ MB\b", "SIZE"),
)


@dataclass(frozen=True)
class Played:
    """What a page shows between two places of it, and what was printed."""

    what: str
    start: int
    end: int
    shown: str
    printed: str


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

    def student_folder(self) -> Path:
        """A folder in which no course is, as students have it; one stands in it from now on."""
        self.here = self.home / LESSON
        self.here.mkdir()
        return self.here

    def run(self, line: str, shown: str) -> str:
        """What a command prints; `shown` says after how many lines Ctrl-C comes, if it does."""
        name, *arguments = shlex.split(line, comments=True)
        if name == "cd":
            self.here = (self.here / arguments[0]).resolve()
            return ""
        if name == "mv":
            (self.here / arguments[0]).rename(self.here / arguments[1])
            return ""
        assert name == "course", f"only `course`, `cd` and `mv` are played, not {line}"
        os.chdir(self.here)
        printed = self._until_ctrl_c(arguments, shown) if "^C" in shown else self._course(arguments)
        return printed.replace(str(self.home), HOME)

    def edit(self, body: str) -> None:
        """Change a file as a `diff` block says: the lines with `-`, which must stand there, for those with `+`.

        A file that is not there yet is made of them.
        """
        first, *lines = body.splitlines()
        path = self.here / first.removeprefix("--- ")
        before, after = ("".join(f"{line[1:]}\n" for line in lines if line[:1] in f" {sign}") for sign in "-+")
        text = path.read_text("utf-8") if path.exists() else before
        assert not before or text.count(before) == 1, f"{path.name} does not hold this once:\n{before}"
        path.write_text(text.replace(before, after) if before else after, "utf-8")

    def _course(self, arguments: list[str]) -> str:
        own_engines = {"XDG_RUNTIME_DIR": "", "XDG_CACHE_HOME": str(self.home / ".cache")}
        done = CliRunner().invoke(app, arguments, env=own_engines if arguments[0] == "serve-engine" else {})
        if isinstance(done.exception, CourseError):
            return f"{done.output}error: {done.exception}\n"
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.output

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


def is_as_shown(shown: str, printed: str) -> bool:
    """Whether a command printed what its page shows, but for what varies and what is left out."""
    wanted, lines = _plain(shown), _plain(printed)
    pattern = "".join(r"(?:.*\n)*?" if line.strip() == "…" else re.escape(line) + "\n" for line in wanted)
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in lines)) is not None


def _plain(text: str) -> list[str]:
    for pattern, name in _VARIES:
        text = re.sub(pattern, name, text, flags=re.MULTILINE)
    return [line.rstrip() for line in text.strip("\n").splitlines() if line.strip()]


def play(text: str, home: Path) -> Iterator[Played]:
    """Play a page, from the first of its blocks to the last."""
    stage = Stage(home)
    with contextlib.ExitStack() as stack:
        desk: Desk | None = None
        printed = ""
        for block in _BLOCK.finditer(text):
            body = block["body"]
            if block["kind"] == "diff":
                stage.edit(body)
            elif block["kind"] == "console":
                for one in _COMMAND.finditer(body):
                    at, shown = block.start("body"), one["shown"]
                    said = stage.run(one["line"], shown)
                    yield Played(one["line"], at + one.start("shown"), at + one.end("shown"), shown, said)
            elif block["kind"] == "text":
                yield Played(
                    "the notebook", block.start("body"), block.end("body"), body, printed.replace(str(home), HOME)
                )
            else:
                desk = desk or stack.enter_context(Desk.opened(stage.student_folder()))
                printed = desk.order(block["order"], block["what"]) if block["order"] else desk.write(body)


def renewed(text: str, home: Path) -> str:
    """A page with what its commands print now, where that is not what it shows."""
    done, parts = 0, []
    for one in play(text, home):
        kept = "".join(f"{line.rstrip()}\n" for line in one.printed.strip("\n").splitlines())
        parts += [text[done : one.start], one.shown if is_as_shown(one.shown, one.printed) else kept]
        done = one.end
    return "".join([*parts, text[done:]])


if __name__ == "__main__":
    for page in [Path(name).resolve() for name in sys.argv[1:]]:
        with tempfile.TemporaryDirectory() as home:
            page.write_text(renewed(page.read_text("utf-8"), Path(home).resolve()), "utf-8")
            os.chdir(ROOT)
