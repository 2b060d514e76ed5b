"""One command in a server: a process that watches it, and the command's own, forked from what has all imported.

The monitor passes the client's signals on, ends the command when the client is gone, leaves nothing of it behind, and
tells how it ended. It is not a child of the command's and outlives the server.
"""

import contextlib
import importlib
import io
import os
import select
import signal
import socket
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from course import ending
from course.grading import framing
from course.grading.jail import kernel
from course.grading.system import tree
from course.grading.warm import borrowing
from course.grading.warm.line import AskStatus, Borrow, Ended, Go, Line, Ready, Refused, Run, Status, Stop, Stopped

_HELLO_S, _GO_S = 300.0, 60.0  # who borrows connects first, and asks when it has imported
_GRACE_S = 10.0  # from the client's end, which is a Ctrl-C to the command, to the kill
_DEFAULT = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGCHLD, signal.SIGTSTP, signal.SIGCONT)


def serve(client: Line, server: Line, name: str, status: Status) -> NoReturn:
    """Serve one client, in a process of its own.

    Args:
        server: the line on which the server lends fork servers, and is told to leave.
        name: what a command must have been found by.
        status: what the server says of itself.
    """
    os.setsid()
    for number in _DEFAULT:
        signal.signal(number, signal.SIG_DFL)
    with contextlib.suppress(OSError, EOFError, ValueError):
        client.socket.settimeout(_HELLO_S)
        wish, files, _ = client.receive_with_files()
        match wish:
            case Run() if wish.name == name and len(files) == 4:
                _run(client, server, wish, files)
            case Borrow():
                server.send(wish, files)
                answer, lent, _ = server.receive_with_files()
                client.send(answer, lent)
            case AskStatus():
                client.send(status)
            case Stop():
                server.send(wish)
                server.receive()
                client.send(Stopped())
            case _:
                client.send(Refused("it does not fit"))
    os._exit(0)


def _run(client: Line, server: Line, wish: Run, files: Sequence[int]) -> None:
    kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
    held, gate = os.pipe()
    command = os.fork()
    if not command:
        client.socket.close()
        os.close(gate)
        _become(held, server, wish, files)
    os.close(held)
    server.socket.close()
    framing.close(files)
    client.send(Ready())
    client.socket.settimeout(_GO_S)
    client.expect(Go)
    os.write(gate, b"+")
    os.close(gate)
    client.socket.settimeout(None)
    status = _watched(client.socket, command)
    tree.kill_descendants(os.getpid())
    client.send(Ended(status))


def _watched(client: socket.socket, command: int) -> int:
    """How the command ended: its exit status, or minus the signal that killed it."""
    end = os.pidfd_open(command)
    lines = [client.fileno(), end]
    patience_s = None
    while True:
        ready, _, _ = select.select(lines, [], [], patience_s)
        if end in ready:
            return os.waitstatus_to_exitcode(os.waitpid(command, 0)[1])
        if not ready:
            tree.kill(command)
            continue
        try:
            signals = client.recv(64)
        except OSError:
            signals = b""
        if not signals:
            lines, patience_s, signals = [end], _GRACE_S, bytes([signal.SIGCONT, signal.SIGINT])
        for number in signals:
            os.kill(command, number)


def _become(gate: int, server: Line, wish: Run, files: Sequence[int]) -> NoReturn:
    """Be the command that a client has asked for, once it says so."""
    status = 1
    try:
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.read(gate, 1) != b"+":  # the monitor or the client has gone
            os._exit(1)
        os.close(gate)
        _take_over(wish, files)
        borrowing.lend_by(server)
        from course.cli import main

        status = ending.status_of(main)
    finally:
        with contextlib.suppress(BaseException):
            ending.leave(status)
        os._exit(status)


def _take_over(wish: Run, files: Sequence[int]) -> None:
    """Take the client's place: its files, folder, umask, environment, arguments and ignored signals."""
    *standard, folder = files
    for number, file in enumerate(standard):
        os.dup2(file, number)
    os.fchdir(folder)
    framing.close(files)
    os.umask(wish.umask)
    os.environ.clear()
    os.environ.update(wish.environment)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in wish.ignored:
        signal.signal(number, signal.SIG_IGN)
    sys.argv = wish.arguments
    sys.path.insert(0, wish.path)
    importlib.invalidate_caches()
    sys.stdin = sys.__stdin__ = _opened(0, "r", sys.stdin)  # type: ignore[misc]
    sys.stdout = sys.__stdout__ = _opened(1, "w", sys.stdout)  # type: ignore[misc]
    sys.stderr = sys.__stderr__ = _opened(2, "w", sys.stderr)  # type: ignore[misc]


def _opened(number: int, mode: str, like: Any) -> io.TextIOWrapper:
    """A standard stream as Python itself would have opened it."""
    by_line = number == 2 or (number == 1 and os.isatty(1))
    file = open(number, mode + "b", closefd=False)  # noqa: SIM115 (as long as the process)
    return io.TextIOWrapper(
        file, encoding=like.encoding, errors=like.errors, line_buffering=by_line, write_through=like.write_through
    )
