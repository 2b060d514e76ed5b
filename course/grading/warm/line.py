"""What a warm engine's client, monitor and server say to each other: each message a frozen class of plain data.

Whoever connects sends one request and gets one answer, or Refused; only after Ready there is more, see Run.
"""

from __future__ import annotations

from dataclasses import dataclass

from course.grading.framing import Channel, kinds_of


@dataclass(frozen=True)
class Run:
    """Run a command, with the three standard files and the folder that come along.

    The answer is Ready; then the client says Go, after which each byte that it sends is a signal to the command, and
    hears Ended.

    Attributes:
        name: what the server was found by.
        path: the first entry of `sys.path`.
        ignored: the signals that the client ignores.
    """

    name: str
    arguments: list[str]
    path: str
    umask: int
    environment: dict[str, str]
    ignored: list[int]


@dataclass(frozen=True)
class Ready:
    """The command's process waits for Go."""


@dataclass(frozen=True)
class Go:
    """Begin; from here on the client no longer runs the command itself."""


@dataclass(frozen=True)
class Ended:
    """How the command ended: its exit status, or minus the signal that killed it."""

    status: int


@dataclass(frozen=True)
class Borrow:
    """Lend a fork server: its end of its owner's line and the file for its complaints come along.

    Attributes:
        torch: whether the course has it.
        modules: what it is to have imported, sorted.
        scratch: where its jails' folders go.
        environment: what a fork server of the borrower's own would see, which has to be what the server's see.
    """

    torch: bool
    modules: list[str]
    scratch: str
    umask: int
    environment: dict[str, str]


@dataclass(frozen=True)
class Lent:
    """The fork server's process, whose pidfd comes along."""

    pid: int


@dataclass(frozen=True)
class AskStatus:
    """Say what you do."""


@dataclass(frozen=True)
class Status:
    """The server's process, for how long it has been up, what it runs, and when it leaves."""

    pid: int
    seconds: float
    commands: int
    idle_s: float


@dataclass(frozen=True)
class Stop:
    """Leave; what runs goes on to its end."""


@dataclass(frozen=True)
class Stopped:
    """It leaves."""


@dataclass(frozen=True)
class Refused:
    """It will not do that, and why."""

    reason: str


Message = Run | Ready | Go | Ended | Borrow | Lent | AskStatus | Status | Stop | Stopped | Refused


class Line(Channel[Message]):
    """One end of a line to or within a warm engine, where whoever answers is of the same user."""

    kinds = kinds_of(Message)
    max_bytes = 16 * 2**20
