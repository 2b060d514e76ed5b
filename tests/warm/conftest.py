"""Servers of their own, in private folders of their own, and courses whose configuration tells where it ran."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from course.folder import CourseFolder
from course.grading.system import tree
from course.grading.warm import place
from tests.grading.notebooks import ANSWERS, filled, make_course, norms, raw, released

if not place.works_here():
    pytest.skip("a warm engine needs Linux", allow_module_level=True)

PYTHON = [sys.executable, "-m", "course"]
TELLING = """
import os, pathlib, sys
_umask = os.umask(0); os.umask(_umask)
_name = getattr(sys.modules["__main__"].__spec__, "name", "")
if _name.startswith("course."):
    _about = [_name, os.getcwd(), oct(_umask), os.environ.get("A_MOMENT_S", "-"), str(os.getpid())]
    pathlib.Path({root!r}, "ran").write_text("\\n".join(_about))
"""
SERVER, HERE = "course.warm.server", "course.__main__"


@dataclass
class Desk:
    """A user at work: an environment, and servers in it."""

    runtime: Path
    variables: dict[str, str]
    servers: list[subprocess.Popen[str]] = field(default_factory=list)

    def serve(self, *options: str, **variables: str) -> subprocess.Popen[str]:
        """A server that listens, or one that has ended."""
        server = subprocess.Popen(
            [*PYTHON, "serve-engine", *options],
            env=self.variables | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.servers.append(server)
        assert server.stdout is not None
        self.said = server.stdout.readline()
        return server

    def run(self, *arguments: str, cwd: Path | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
        """A whole command."""
        return subprocess.run(
            [*PYTHON, *arguments], env=self.variables | variables, cwd=cwd, capture_output=True, text=True
        )

    def begin(self, *arguments: str, cwd: Path) -> subprocess.Popen[str]:
        """A command that goes on."""
        return subprocess.Popen(
            [*PYTHON, *arguments],
            env=self.variables,
            cwd=cwd,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def close(self) -> None:
        self.run("serve-engine", "--stop")
        for server in self.servers:
            tree.kill(server.pid)
            server.communicate()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with _desk(tmp_path / "runtime") as made:
        yield made


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A user with a server, for tests that leave it as it is."""
    with _desk(tmp_path_factory.mktemp("served")) as made:
        made.serve()
        yield made


@contextlib.contextmanager
def _desk(runtime: Path) -> Iterator[Desk]:
    runtime.mkdir(exist_ok=True)
    left_out = ("CLOZEGRAD_WARM", "PYTEST_CURRENT_TEST")
    variables = {key: value for key, value in os.environ.items() if key not in left_out and not key.startswith("COV")}
    made = Desk(runtime, variables | {"XDG_RUNTIME_DIR": str(runtime)})
    try:
        yield made
    finally:
        made.close()


@pytest.fixture
def classroom(tmp_path: Path) -> CourseFolder:
    return make_classroom(tmp_path / "course")


def make_classroom(root: Path, **students: dict[str, str]) -> CourseFolder:
    """A course of norms, with one hand-in a student: ada's is right."""
    folder = make_course(root.resolve(), config=TELLING.format(root=str(root.resolve())), norms=norms())
    for student, answers in ({"ada": ANSWERS} | students).items():
        hand_in(folder, student, answers)
    return folder


def hand_in(folder: CourseFolder, student: str, answers: dict[str, str]) -> None:
    target = folder.root / "submitted" / student / "ps1"
    target.mkdir(parents=True, exist_ok=True)
    (target / "norms.ipynb").write_bytes(raw(filled(released(norms()), answers)))


def told(folder: CourseFolder) -> list[str]:
    """What the course's configuration saw when it ran last: module, folder, umask, a variable, process."""
    return (folder.root / "ran").read_text().split("\n")


def until(happened: Callable[[], object]) -> None:
    """Wait until it has; the test's own time ends one that never does."""
    while not happened():
        pass
