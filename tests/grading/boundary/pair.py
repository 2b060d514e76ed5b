"""A real candidate in a forked process, and the examiner's end of its socket."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

import torch

from course.grading.boundary import AroundCall, CandidateClient, CellOutcome, WireLimits, serve

Child = Callable[[socket.socket], None]


@contextlib.contextmanager
def examinee(
    source: str = "", *, limits: WireLimits | None = None, call_s: float = 120, around: AroundCall | None = None
) -> Iterator[CandidateClient]:
    """An CandidateClient of a process that has run the source."""

    def child(sock: socket.socket) -> None:
        namespace: dict[str, Any] = {"__name__": "__main__"}
        exec(textwrap.dedent(source), namespace)

        def run_cell(text: str) -> CellOutcome:
            exec(text, namespace)
            return CellOutcome([text])

        serve(sock, namespace, run_cell, limits=limits, around_call=around)

    with forked(child) as sock:
        end = CandidateClient(sock, limits=limits, call_deadline_s=call_s)
        yield end
        end.close()


def _close_all_but(kept: int) -> None:
    """An attack that writes to whatever is open must not reach the lines of other tests' fork servers."""
    os.closerange(3, kept)
    os.closerange(kept + 1, os.sysconf("SC_OPEN_MAX") if os.sysconf("SC_OPEN_MAX") < 1 << 20 else 1 << 20)


@contextlib.contextmanager
def forked(child: Child) -> Iterator[socket.socket]:
    """The other end of a socket on which `child` runs in a process of its own."""
    here, there = socket.socketpair()
    pid = os.fork()
    if not pid:
        here.close()
        _close_all_but(there.fileno())
        with contextlib.suppress(BaseException):
            torch.set_num_threads(1)
            child(there)
        os._exit(0)
    there.close()
    try:
        yield here
    finally:
        here.close()
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
