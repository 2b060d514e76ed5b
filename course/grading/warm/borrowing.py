"""A fork server for whoever grades: borrowed from a server where there is one, started where there is none."""

import contextlib
import os
import select
import signal
import subprocess
from collections.abc import Iterable, Iterator

from course.grading import framing
from course.grading.process import torchless
from course.grading.process.channel import Control
from course.grading.process.forkserver import TORCH, ForkServer, forkserver_environment, scratch_folder
from course.grading.warm import client, fitting
from course.grading.warm.line import Borrow, Lent, Line
from course.grading.warm.place import Place, Unfit, works_here

_NOBODY = -1
_server: Line | None = None  # in a command that a server runs: the line to it


def lend_by(server: Line) -> None:
    """Have this process borrow on this line to the server that runs it."""
    global _server
    _server = server


def fork_server(*, torch: bool, cold: bool = False) -> ForkServer:
    """A fork server that is borrowed, if one can be, when it is prepared; it imports at once where there is no server.

    Args:
        torch: whether the course has it, as far as is known.
        cold: borrow none.
    """
    if cold or os.environ.get(client.SETTING) == "0" or not works_here():
        return ForkServer(torch=torch)
    if _server is not None:
        return BorrowedForkServer(_server, torch=torch)
    for server in _servers():
        return BorrowedForkServer(server, torch=torch)
    if os.environ.get(client.SETTING) == "1":
        client.start(wait=False)  # for the next one
    return ForkServer(torch=torch)


def _servers() -> Iterator[Line]:
    """Lines to the servers of this machine's kind, one of the same environment first."""
    own = fitting.name()
    with contextlib.suppress(OSError, Unfit), Place() as place:
        fitting_ones = [name for name in place.names() if name.split(".")[0] == own.split(".")[0]]
        for name in sorted(fitting_ones, key=lambda name: name != own):
            with contextlib.suppress(OSError, Unfit):
                yield Line(client.connected(name))


class BorrowedForkServer(ForkServer):
    """One that a server's template forks; where that is refused, and in place of one that died, one of its own."""

    def __init__(self, server: Line, *, torch: bool) -> None:
        self._server: Line | None = server
        super().__init__(torch=torch)

    def _start(self) -> None:
        if self._server is None:
            super()._start()
            return
        self._ready.clear()
        self._scratch = scratch_folder()
        ours, self._theirs = self.pair()
        self._control = Control(ours)
        self._process = _LentProcess(_NOBODY, None)

    def prepare(self, modules: Iterable[str] = ()) -> None:
        """As a fork server's own; what another command has waited for is there at once."""
        self._modules = list(modules)
        if TORCH in self._left_out and torchless.brings_torch(self._modules):
            self._left_out.remove(TORCH)
        with self._reviving:
            if self._server is not None and self._is_lent(self._server):
                self._server = None  # the next one would be one of its own
                self._ready.set()
                return
            if self._server is not None:
                self._server = None
                self._replace()
        super().prepare(self._modules)

    def _is_lent(self, server: Line) -> bool:
        torch, modules = TORCH not in self._left_out, sorted(self._modules)
        wish = Borrow(torch, modules, str(self._scratch), fitting.umask(), forkserver_environment())
        complaints = os.open(os.devnull, os.O_WRONLY)
        try:
            server.socket.settimeout(None)
            server.send(wish, [self._theirs.fileno(), 2 if _is_open(2) else complaints])
            answer, files, _ = server.receive_with_files()
        except (OSError, EOFError, ValueError):
            return False
        finally:
            os.close(complaints)
            self._theirs.close()
        if not files or not isinstance(answer, Lent):
            framing.close(files)
            return False
        self._process = _LentProcess(answer.pid, files[0])
        return True


def _is_open(number: int) -> bool:
    with contextlib.suppress(OSError):
        os.fstat(number)
        return True
    return False


class _LentProcess:
    """A process that is another's child: its end is seen, how it ended is not."""

    returncode: int | None = None

    def __init__(self, pid: int, handle: int | None) -> None:
        self._pid, self._handle = pid, handle

    @property
    def pid(self) -> int:
        """Its number while it runs; then that of nobody, since another may have it."""
        return _NOBODY if self._has_ended(0) else self._pid

    def kill(self) -> None:
        if self._handle is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        if not self._has_ended(timeout):
            raise subprocess.TimeoutExpired("the fork server", timeout or 0)
        return 0

    def _has_ended(self, wait_s: float | None) -> bool:
        if self._handle is None:
            return True
        return bool(select.select([self._handle], [], [], wait_s)[0])

    def __del__(self) -> None:
        if self._handle is not None:
            with contextlib.suppress(OSError):
                os.close(self._handle)
