"""Time as the process followed has had it: what it waited for a core, because others had it, hardly counts.

A limit measured so ends a loop after as many seconds as ever, and no honest cell for what its neighbours use. Waiting
for others counts a tenth, so that it ends too. Waiting for what the followed process itself started counts in full.
"""

import contextlib
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from course.grading.system import tree

_WAITING_COUNTS = 0.1
_LATE_S = 1.0  # a process is told to have waited once it has a core again
_STEP_S = 0.5  # so long a wait is looked into
_source: int | None = None  # the followed process's account of its time, kept open
_waited_s = _offset_s = 0.0


@dataclass
class Account:
    """Seconds as a group of processes has had them, on cores that others may use as well.

    Others had the cores for no longer than the group did not use them, so the group has waited for others no longer
    than that.
    """

    seconds: float = 0.0
    _left_s: float = 0.0

    def add(self, seconds: float, waiting_s: float, used_s: float) -> None:
        """Count so many seconds of the world's, in which the group waited, and used all of its cores, for so long."""
        self._left_s = max(0.0, min(self._left_s, _LATE_S) + seconds - used_s)
        for_others_s = min(waiting_s, self._left_s)
        self._left_s -= for_others_s
        self.seconds += seconds - (1 - _WAITING_COUNTS) * for_others_s


@dataclass(frozen=True)
class Spent:
    """What a process has had of the processor, and how long its main thread was ready to run with no core to run on."""

    used_s: float = 0.0
    waited_s: float = 0.0


@dataclass
class Watch:
    """What processes have spent from one look to the next, whatever has become of them since."""

    _seen: dict[tuple[int, str], Spent] = field(default_factory=dict)

    def look(self, pids: Iterable[int]) -> dict[int, Spent]:
        """What each of them has spent since the last look, or since it started where it was not there before."""
        now = {(pid, told[0]): told[1] for pid in pids if (told := _told(pid)) is not None}
        steps = {}
        for key, spent in now.items():
            before = self._seen.get(key, Spent())
            steps[key[0]] = Spent(spent.used_s - before.used_s, spent.waited_s - before.waited_s)
        self._seen = now
        return steps


_world_s, _marked_s = time.monotonic(), 0.0
_account, _watch = Account(_world_s), Watch()
_followed = 0


def follow(process: int | str) -> None:
    """Count the main thread of `process` (a number, or "self") from now on, where the system tells of it."""
    global _source, _offset_s, _followed, _account
    _settle()
    _account = Account(_account.seconds)  # what the one before did not use is not this one's
    before, sofar_s = _source, waited_s()
    try:
        _source = os.open(f"/proc/{process}/schedstat", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        _source = None
    if before is not None:
        os.close(before)
    _offset_s = 0.0
    _offset_s = sofar_s - waited_s()
    _followed = process if isinstance(process, int) else os.getpid()
    _watch.look(tree.tree(_followed))


def now() -> float:
    """Seconds on the followed process's clock; where none is followed it is the world's."""
    sofar_s = waited_s()
    if sofar_s - _marked_s > _STEP_S:
        sofar_s = _settle()
    return _account.seconds + time.monotonic() - _world_s - (1 - _WAITING_COUNTS) * (sofar_s - _marked_s)


def waited_s() -> float:
    """How long the followed processes have been ready to run, with no core to run on, since each was followed."""
    global _waited_s
    if _source is not None:
        with contextlib.suppress(OSError, ValueError, IndexError):  # it has ended: what it waited stays
            _waited_s = _offset_s + int(os.pread(_source, 100, 0).split()[1]) / 1e9
    return _waited_s


def _settle() -> float:
    """Find out for whom the followed process has waited, and return how long it has."""
    global _world_s, _marked_s
    steps = _watch.look(tree.tree(_followed)) if _source is not None else {}
    world_s, sofar_s = time.monotonic(), waited_s()
    used_s = sum(step.used_s for step in steps.values()) / cores_of(_followed)
    _account.add(world_s - _world_s, sofar_s - _marked_s, used_s)
    _world_s, _marked_s = world_s, sofar_s
    return sofar_s


def cores_of(pid: int) -> int:
    """How many cores a process may use; 1 where it is gone or nothing tells."""
    with contextlib.suppress(OSError, AttributeError):
        return len(os.sched_getaffinity(pid))
    return 1


def _told(pid: int) -> tuple[str, Spent] | None:
    """When a process started and what it has spent since; None when it is gone.

    One of the two accounts leaves out other threads, and the other counts in hundredths of a second.
    """
    try:
        ran, waited = tree.told(f"/proc/{pid}/schedstat").split()[:2]
        stat = tree.told(f"/proc/{pid}/stat").rpartition(b")")[2].split()
    except (OSError, ValueError):
        return None
    ticks = int(stat[11]) + int(stat[12])
    used_s = max(int(ran) / 1e9, ticks / os.sysconf("SC_CLK_TCK"))
    return stat[19].decode(), Spent(used_s, int(waited) / 1e9)
