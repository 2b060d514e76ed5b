"""Time as the process followed has had it: what it waited for a core, because others had it, hardly counts.

A limit measured so ends a loop after as many seconds as ever, and no honest cell for what its neighbours use. Waiting
counts a tenth, so that code which starves itself ends too.
"""

import contextlib
import os
import time

_WAITING_COUNTS = 0.1
_source: int | None = None  # the followed process's account of its time, kept open
_waited_s = _offset_s = 0.0


def follow(process: int | str) -> None:
    """Count the main thread of ``process`` (a number, or "self") from now on, where the system tells of it."""
    global _source, _offset_s
    before, sofar_s = _source, waited_s()
    try:
        _source = os.open(f"/proc/{process}/schedstat", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        _source = None
    if before is not None:
        os.close(before)
    _offset_s = 0.0
    _offset_s = sofar_s - waited_s()


def now() -> float:
    """Seconds on the followed process's clock; where none is followed it is the world's."""
    return time.monotonic() - (1 - _WAITING_COUNTS) * waited_s()


def as_counted(seconds: float, waiting_s: float) -> float:
    """So many seconds of the world's on the clock of whoever waited so long of them for a core."""
    return seconds - (1 - _WAITING_COUNTS) * min(seconds, waiting_s)


def waited_by(process: int) -> float:
    """How long the main thread of a process has been ready to run, with no core to run on; 0 where nothing tells."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        with open(f"/proc/{process}/schedstat", "rb") as file:
            return int(file.read(100).split()[1]) / 1e9
    return 0.0


def waited_s() -> float:
    """How long the followed processes have been ready to run, with no core to run on, since each was followed."""
    global _waited_s
    if _source is not None:
        with contextlib.suppress(OSError, ValueError, IndexError):  # it has ended: what it waited stays
            _waited_s = _offset_s + int(os.pread(_source, 100, 0).split()[1]) / 1e9
    return _waited_s
