"""The server: it has imported the grader, forks a monitor for each client, lends fork servers, and runs nothing itself.

It has one thread, since it forks, reads from nobody but its own forks, and holds nothing of a course: no configuration,
no notebook, no secret. It leaves after an idle while, when it is told to, and when what it was started from changes.
"""

import argparse
import contextlib
import os
import selectors
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from course.grading import framing
from course.grading.warm import fitting
from course.grading.warm.line import Borrow, Line, Refused, Status, Stop, Stopped
from course.grading.warm.place import Place, Unfit, is_own
from course.warm import world

IDLE_S = 1800.0
_LOOK_S = 60.0  # how often one that nobody asks looks whether it is still current
_TOLD_S = 2.0  # of a fork of its own, which has something to say
_IMPORTS = (  # all that a command imports, also what it imports in a function
    "alembic.config",
    "alembic.script",
    "course.cli",
    "course.grading.replay",
    "course.grading.run",
    "course.report.conversation",
    "course.report.progress",
    "course.report.screen",
    "course.report.table",
    "course.report.ways",
    "course.warm.monitor",
    "course.warm.rehearsal",
    "course.warm.templates",
    "nbgrader.plugins",
    "sqlalchemy.dialects.sqlite",
)


def main() -> None:
    """Serve until it is time to leave; exits with 1 where there is no place for a server."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--idle-seconds", type=float, default=IDLE_S)
    parser.add_argument("--tell", type=int, help="a pipe that is told when it listens")
    parser.add_argument("--say", action="store_true", help="print where it listens")
    wanted = parser.parse_args()
    name, folders = fitting.name(), tuple(sys.path)  # as they are before libraries add to them
    started_from = world.installed(folders)
    try:
        with Place(make=True) as place, place.listening(name) as listener:
            if listener is not None:
                tell = _teller(wanted.tell, f"listening in {place.path} as {name}" if wanted.say else "")
                for number in (signal.SIGTERM, signal.SIGHUP):
                    signal.signal(number, lambda *_: sys.exit(0))
                with contextlib.suppress(KeyboardInterrupt):
                    _Server(listener, name, folders, started_from, wanted.idle_seconds).serve(tell)
            elif wanted.say:
                sys.exit(f"error: another engine listens in {place.path} as {name}")
            else:
                _teller(wanted.tell, "")()
    except (OSError, Unfit) as error:
        sys.exit(f"error: {error}")


def _teller(number: int | None, text: str) -> Callable[[], None]:
    def tell() -> None:
        if text:
            print(text, flush=True)
        if number is not None:
            with contextlib.suppress(OSError):
                os.write(number, b"+")
            os.close(number)

    return tell


class _Leave(Exception):
    """It is time to."""


@dataclass
class _Client:
    """A client's monitor, and the line to it and to the command that it watches."""

    monitor: int
    end: int
    line: Line


@dataclass
class _Server:
    listener: socket.socket
    name: str
    folders: tuple[str, ...]
    started_from: str
    idle_s: float
    clients: list[_Client] = field(default_factory=list)

    def serve(self, tell: Callable[[], None]) -> None:
        """Answer until it is time to leave."""
        from course.warm.templates import Templates

        self.templates = Templates()
        try:
            with contextlib.suppress(OSError):
                self.templates.make((False, ()))  # it imports while this process does
            _import_all()
            self.templates.wait_until_ready()
            self.files = world.imported()
            self.started = self.asked = time.monotonic()
            tell()
            while True:
                self._attend_one()
        except _Leave:
            pass
        finally:
            self.listener.close()
            self.templates.close()

    def _attend_one(self) -> None:
        left_s = self.idle_s - (time.monotonic() - self.asked)
        if not self.clients and left_s <= 0:
            raise _Leave
        with selectors.DefaultSelector() as selector:
            selector.register(self.listener, selectors.EVENT_READ, (self._accept,))
            for client in self.clients:
                selector.register(client.end, selectors.EVENT_READ, (self._see_off, client))
                if client.line.socket.fileno() >= 0:
                    selector.register(client.line.socket, selectors.EVENT_READ, (self._hear, client))
            for sock in self.templates.sockets():
                selector.register(sock, selectors.EVENT_READ, (self.templates.attend, sock))
            ready = selector.select(_LOOK_S if self.clients else min(_LOOK_S, left_s))
        if not ready and not self._is_current():
            raise _Leave
        for key, _ in ready[:1]:  # what it does may end what the others are about
            step, *about = key.data
            step(*about)

    def _accept(self) -> None:
        self.listener.settimeout(_TOLD_S)
        try:
            sock, _ = self.listener.accept()
        except OSError:
            return
        with sock:
            if not is_own(sock):
                return
            sock.settimeout(_TOLD_S)
            self.asked = time.monotonic()
            if not self._is_current():
                with contextlib.suppress(OSError, EOFError):
                    Line(sock).send(Refused("changed"))
                raise _Leave
            with contextlib.suppress(OSError):  # no room for a process: the client goes on alone
                self._fork_monitor(Line(sock))

    def _is_current(self) -> bool:
        return world.installed(self.folders) == self.started_from and world.unchanged(self.files)

    def _fork_monitor(self, client: Line) -> None:
        from course.warm import monitor

        ours, theirs = socket.socketpair()
        pid = os.fork()
        if not pid:
            try:
                ours.close()
                self._forget()
                monitor.serve(client, Line(theirs), self.name, self._status())
            finally:
                os._exit(1)
        theirs.close()
        self.clients.append(_Client(pid, os.pidfd_open(pid), Line(ours)))

    def _forget(self) -> None:
        """In a monitor: close what is the server's."""
        self.listener.close()
        self.templates.forget()
        for client in self.clients:
            client.line.socket.close()
            os.close(client.end)

    def _status(self) -> Status:
        return Status(os.getppid(), time.monotonic() - self.started, len(self.clients), self.idle_s)

    def _see_off(self, client: _Client) -> None:
        """A monitor has ended; the command that it watched has, too, or is about to."""
        os.waitpid(client.monitor, 0)
        os.close(client.end)
        client.line.socket.close()
        self.clients.remove(client)
        self.asked = time.monotonic()

    def _hear(self, client: _Client) -> None:
        client.line.socket.settimeout(_TOLD_S)
        try:
            wish, files, _ = client.line.receive_with_files()
        except (OSError, EOFError, ValueError):
            client.line.socket.close()
            return
        match wish:
            case Borrow():
                self.templates.lend(wish, files, client.line)
            case Stop():
                with contextlib.suppress(OSError):
                    client.line.send(Stopped())
                raise _Leave
            case _:
                framing.close(files)


def _import_all() -> None:
    """Import what commands need, and find out what they would all find out; RuntimeError where a fork is not safe."""
    import gc
    import importlib
    import warnings

    from course import lean

    lean.start()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for module in _IMPORTS:
            importlib.import_module(module)
        from course.grading import version
        from course.warm import rehearsal

        version.engine_hash()
        rehearsal.rehearse()
    if len(os.listdir("/proc/self/task")) != 1:
        raise RuntimeError("threads run after the imports, so a fork would not be safe")
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    main()
