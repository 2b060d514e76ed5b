"""The command's own side: it hands itself over to a server, passes signals on, and ends as the command ended.

Until it says "go", nothing of the command has been done and it may still run here; after that it never does.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

from course.grading import framing
from course.grading.warm import fitting
from course.grading.warm.line import Ended, Go, Line, Ready, Refused, Run
from course.grading.warm.place import Place, Unfit, works_here

SETTING = "CLOZEGRAD_WARM"  # 1: start a server where there is none; 0: use none
HANDED_OVER = frozenset({"grade", "replay", "ways"})
# A kernel, a terminal to type into, workers that grade, or nothing to be quick about.
_HERE = ("--cold", "--debug", "--engine", "--help", "--scheduler", "--workers")
_READY_S = 20.0
_PASSED_ON = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
_NONE, _CHANGED = "none", "changed"  # why no server runs it, where another would
_FAULTS = (OSError, EOFError, Unfit, ValueError)


def hand_over(arguments: Sequence[str]) -> None:
    """Run the command in a server and exit as it did; returns where it is to be run here."""
    setting = os.environ.get(SETTING, "")
    rest = arguments[2:]
    if arguments[1] not in HANDED_OVER or any(given.startswith(_HERE) for given in rest) or setting == "0":
        return
    if not works_here():
        return
    starts = setting == "1" or "--warm" in rest
    for last in (False, True):
        try:
            answer = _handed_over(arguments)
        except _FAULTS:
            answer = _NONE
        if isinstance(answer, int):
            _exit(answer)
        if last or not starts or answer not in (_NONE, _CHANGED) or not start():
            return


def connected(name: str | None = None, wait_s: float = _READY_S) -> socket.socket:
    """A line to the server that fits this process, or to that of this name; OSError or Unfit when there is none."""
    with Place() as place:
        return place.connect(name or fitting.name(), wait_s)


def start(*, wait: bool = True) -> bool:
    """Start a server in the background; whether one listens, as far as that is waited for."""
    try:
        with Place(make=True) as place:
            log = place.log(fitting.name())
    except (OSError, Unfit):
        return False
    reading, writing = os.pipe()
    try:
        subprocess.Popen(
            [*command(), "--tell", str(writing)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[writing],
            cwd="/",
            env=environment(),
            start_new_session=True,
        )
    except OSError:
        return False
    finally:
        framing.close([writing, log])
    listens = not wait or os.read(reading, 1) == b"+"  # or it has ended
    os.close(reading)
    return listens


def environment() -> dict[str, str]:
    """What a server is started with: no address of a gradebook, and nothing of this moment's terminal."""
    return fitting.lasting(os.environ) | {"PATH": os.environ.get("PATH", os.defpath)}


def command(idle_s: float | None = None) -> list[str]:
    """The command line of a server with this interpreter's own settings."""
    settings = subprocess._args_from_interpreter_flags()  # type: ignore[attr-defined]
    idle = [] if idle_s is None else ["--idle-seconds", str(idle_s)]
    return [sys.executable, *settings, "-P", "-m", "course.warm.server", *idle]


def _handed_over(arguments: Sequence[str]) -> int | str:
    """How the command ended in the server; or why it has not begun."""
    with _files() as files, connected() as sock:  # in this order: a socket would take the number of a closed file
        server = Line(sock)
        ignored = [int(number) for number in _PASSED_ON if signal.getsignal(number) == signal.SIG_IGN]
        command = Run(fitting.name(), list(arguments), sys.path[0], fitting.umask(), dict(os.environ), ignored)
        server.send(command, files)
        answer = server.receive()
        if not isinstance(answer, Ready):
            return answer.reason if isinstance(answer, Refused) else ""
        sock.settimeout(None)
        with _signals_to(sock):
            server.send(Go())
            try:
                return server.expect(Ended).status
            except _FAULTS:
                os.write(2, b"error: the warm engine was killed while it ran this; run the command again\n")
                return 1


@contextlib.contextmanager
def _files() -> Iterator[list[int]]:
    """The three standard files, where one is closed /dev/null in its place, and the current folder."""
    opened = []
    try:
        while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
            opened.append(number)
        opened.append(number)
        folder = os.open(".", os.O_RDONLY | os.O_DIRECTORY)
        opened.append(folder)
        yield [0, 1, 2, folder]
    finally:
        framing.close(opened)


@contextlib.contextmanager
def _signals_to(server: socket.socket) -> Iterator[None]:
    """Pass signals on while the command runs: what they do is the command's to say."""

    def tell(number: int, _: Any) -> None:
        with contextlib.suppress(OSError):
            server.send(bytes([number]))

    def pause(*_: Any) -> None:
        tell(signal.SIGSTOP, None)
        os.kill(os.getpid(), signal.SIGSTOP)

    handlers: dict[signal.Signals, Any] = dict.fromkeys(_PASSED_ON, tell)
    handlers |= {signal.SIGTSTP: pause, signal.SIGCONT: tell}
    before = {}
    for number, handler in handlers.items():
        if signal.getsignal(number) != signal.SIG_IGN:
            before[number] = signal.signal(number, handler)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _exit(status: int) -> NoReturn:
    """End as the command did, which was killed by a signal where its status is below zero."""
    if status < 0:
        with contextlib.suppress(OSError, ValueError):
            signal.signal(-status, signal.SIG_DFL)
        os.kill(os.getpid(), -status)
    os._exit(status)  # nothing of this process has been written
