"""The servers that run: starting one in the foreground, asking all of them, ending them."""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from course.errors import CourseError
from course.grading.warm import client, fitting
from course.grading.warm.line import AskStatus, Line, Message, Status, Stop, Stopped
from course.grading.warm.place import Place, Unfit, path

_WAIT_S = 10.0
_FAULTS = (OSError, EOFError, Unfit, ValueError)
T = TypeVar("T")


@dataclass(frozen=True)
class Running:
    """A server that has answered."""

    name: str
    pid: int
    seconds: float
    idle_s: float
    fits: bool  # commands of this environment


def serve(idle_s: float) -> None:
    """Become a server; CourseError where none can be."""
    try:
        Place(make=True).close()
    except Unfit as error:
        raise CourseError(str(error)) from error
    program, *rest = client.command(idle_s)
    os.chdir("/")
    os.execve(program, [program, *rest, "--say"], client.environment())


def running() -> list[Running]:
    """The servers of this user on this machine; CourseError when their folder is not safe."""
    return [
        Running(name, status.pid, status.seconds, status.idle_s, name == fitting.name())
        for name, status in _asked(AskStatus(), Status)
    ]


def stop_all() -> int:
    """End them; how many there were. What they run goes on to its end."""
    return sum(1 for _ in _asked(Stop(), Stopped))


def report() -> str:
    """What runs, in words."""
    found = running()
    rows = [
        f"process {one.pid}, up for {one.seconds / 60:.0f} minutes, leaves after {one.idle_s / 60:g} idle minutes"
        + ("" if one.fits else "; started in another environment, so it only lends fork servers to this one")
        for one in found
    ]
    return "\n".join(rows) if found else f"no warm engine runs in {path()}"


def _asked(wish: Message, kind: type[T]) -> Iterator[tuple[str, T]]:
    """The answer of each server that answers with one of this kind."""
    try:
        with Place() as place:
            for name in place.names():
                with contextlib.suppress(*_FAULTS), place.connect(name, _WAIT_S) as sock:
                    server = Line(sock)
                    server.send(wish)
                    yield name, server.expect(kind)
    except FileNotFoundError:
        return
    except Unfit as error:
        raise CourseError(str(error)) from error
