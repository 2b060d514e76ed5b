"""What a running jail uses, polled from outside, and its end: a whole tree of processes killed, none left behind.

Protects against: memory beyond the limit (the only check on it, since a tight RLIMIT_AS breaks torch), what holds it
unseen (page tables, swap, sockets and pipes, the kernel's lists of mapped areas and of what is waited for, processes
whose first thread has ended), daemons, fork bombs.
Does not protect against: memory taken and given back between two polls.
"""

import contextlib
import os
import signal
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from course.errors import CourseError

_PAUSE_S = 0.002
_KILL_S = 30.0  # the end of a fork bomb took more than five on a busy machine
_FEW_BUFFERS, _BUFFER_MB = 32, 0.25  # a socket holds 0.2 MB where it cannot be told to hold more
_HIDDEN_FILES = 256  # as many as a jail lets a process open: what one holds that hides them
_AREA_MB = 0.25 / 1024  # what the kernel keeps of each mapped area
_MOST_AREAS = 65_530  # of a process, where the system does not tell
_HELD = ("VmRSS", "VmSwap", "VmPTE")  # the last: pages that were only read fill tables too
_HOLDING = ("socket:", "pipe:")  # kinds of open file that hold what no process's size shows
_WATCHING = "anon_inode:[eventpoll]"  # one more, which has no number of its own
_DATAGRAM, _DATAGRAMS = "0002", 11  # as the kernel lists such a socket, and as many messages as wait in one
_A_READ = 1 << 16  # bytes
_EXACT_S = 1.0  # of processor time; a hundred processes take half of it


@dataclass(frozen=True)
class Usage:
    """What a process and its descendants use now."""

    processes: int
    rss_mb: float


def measure(pid: int, *, exact_above_mb: float = 0.0) -> Usage:
    """The use of the tree under `pid`; zeros when it has ended or where there is no /proc.

    What is swapped out and what the kernel keeps for them count too: tables of pages, lists of areas, and what sockets
    and pipes may hold. Pages that processes share are counted in parts (PSS). That takes the kernel some milliseconds a
    process, so it is done only when a plain sum, which is never less, exceeds `exact_above_mb`: give the limit that
    you watch. Where it takes so long that memory could be filled meanwhile, the plain sum stands.
    """
    pids = tree(pid)
    network_mb = _network_mb(pids)
    most_mb = sum(map(_most_mb, pids)) + network_mb
    if most_mb > exact_above_mb:
        exact_mb = _exact_mb(pids)
        most_mb = most_mb if exact_mb is None else exact_mb + network_mb
    return Usage(len(pids), most_mb)


def tree(pid: int) -> tuple[int, ...]:
    """`pid` and its descendants that still run, parents first."""
    return (pid, *descendants(pid)) if _runs(pid) else ()


def descendants(pid: int) -> tuple[int, ...]:
    """The running processes that `pid` started, and those that they started."""
    found: list[int] = []
    waiting = [pid]
    while waiting:
        children = [child for child in _children(waiting.pop()) if child not in found]
        found += children
        waiting += children
    return tuple(child for child in found if _runs(child))


def birth(pid: int) -> str:
    """When a process started: with its number the name of this one for good. Empty when it is gone."""
    fields = _stat(pid)
    return fields[19] if _running(fields) else ""


def kill(pid: int, *, timeout_s: float = _KILL_S) -> None:
    """Kill `pid` and its descendants; CourseError when some still run after `timeout_s`.

    The descendants go first, so that a reaper has time to clean up and to end as its jail ended.
    """
    until = time.monotonic() + timeout_s
    kill_descendants(pid, timeout_s=timeout_s / 2)
    grace = min(until, time.monotonic() + 0.5)
    while _runs(pid) and time.monotonic() < grace:
        time.sleep(_PAUSE_S)
    _signal(pid, signal.SIGSTOP)  # what it started since would outlive it
    kill_descendants(pid, timeout_s=timeout_s / 2)
    _signal(pid, signal.SIGKILL)
    while _runs(pid):
        if time.monotonic() > until:
            raise CourseError(f"process {pid} could not be killed within {timeout_s:g} s; end it by hand")
        time.sleep(_PAUSE_S)


def kill_descendants(pid: int, *, timeout_s: float = _KILL_S) -> None:
    """Kill all that `pid` started: stopped first, so that none forks while it is hunted."""
    until = time.monotonic() + timeout_s
    stopped: set[int] = set()
    while time.monotonic() < until:
        found = set(descendants(pid))
        if not found:
            return
        for child in found - stopped:
            _signal(child, signal.SIGSTOP)
        if found <= stopped:
            for child in found:
                _signal(child, signal.SIGKILL)
            time.sleep(_PAUSE_S)
        stopped |= found


def children(pid: int) -> tuple[int, ...]:
    """What `pid` started or was given, zombies too."""
    return tuple(_children(pid))


def _children(pid: int) -> Iterator[int]:
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            yield from map(int, _read(f"/proc/{pid}/task/{thread}/children").split())


def _runs(pid: int) -> bool:
    return _running(_stat(pid))


def _running(fields: Sequence[str]) -> bool:
    """Whether any thread of a process runs: the first may have ended before the others."""
    return bool(fields) and (fields[0] not in "ZX" or int(fields[17]) > 1)


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the state on; empty when the process is gone."""
    try:
        return _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    except OSError:
        return []


def told(file: str) -> bytes:
    """What the kernel tells in a file; without a file object, since this is asked some hundred times a second."""
    number = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    try:
        found = part = os.read(number, _A_READ)
        while part:
            part = os.read(number, _A_READ)
            found += part
    finally:
        os.close(number)
    return found


def _read(file: str) -> str:
    """The same as text, whose lines end in a newline alone: names may hold what else ends one."""
    return told(file).decode(errors="replace")


def _accounts(pid: int) -> str:
    """Where the kernel tells of a process's memory and files: at one of its threads, where the first has ended."""
    folder = f"/proc/{pid}"
    if _stat(pid)[:1] == ["Z"]:
        with contextlib.suppress(OSError):
            running = (thread for thread in os.listdir(f"{folder}/task") if _stat(int(thread))[:1] != ["Z"])
            return next((f"{folder}/task/{thread}" for thread in running), folder)
    return folder


def _held_mb(pid: int) -> float:
    """What a process has in memory and in swap, shared pages in full."""
    return sum(_sizes_mb(pid, "status", _HELD).values())


def _most_mb(pid: int) -> float:
    """What a process may hold at most: each open file a full buffer, and as many mapped areas as there may be."""
    return _held_mb(pid) + len(_files(pid)) * _BUFFER_MB + _most_areas() * _AREA_MB


def _exact_mb(pids: Collection[int]) -> float | None:
    """What these processes hold together, shared pages counted once; None where it takes too long to tell."""
    until_s = time.thread_time() + _EXACT_S
    held_mb = 0.0
    for pid in pids:
        held_mb += _shared_out_mb(pid) + _areas_mb(pid)
        if time.thread_time() > until_s:
            return None
    return held_mb + _buffers_mb(pids)


def _buffers_mb(pids: Collection[int]) -> float:
    """What the pipes and sockets of these processes may hold, which no process's size shows; a few are everybody's."""
    buffers = {name for pid in pids for file in _files(pid) if (name := _buffer(file))}
    return max(0, len(buffers) - _FEW_BUFFERS) * _BUFFER_MB


def _buffer(file: str) -> str:
    """The name of the pipe or socket that an open file is, the same in all processes that share it; else empty."""
    try:
        name = os.readlink(file)
    except PermissionError:
        return file
    except OSError:
        return ""
    return name if name.startswith(_HOLDING) else file if name == _WATCHING else ""


def _network_mb(pids: Sequence[int]) -> float:
    """What the sockets of the processes' own network may hold, those too that nobody has open yet or any more."""
    for pid in pids[1:2]:  # the first is outside, as a jail's reaper is
        try:
            if os.stat(f"/proc/{pid}/ns/net") == os.stat("/proc/self/ns/net"):
                return 0.0
            sockets = int(_read(f"/proc/{pid}/net/sockstat").split(maxsplit=3)[2])
            datagrams = sum(row.split()[4] == _DATAGRAM for row in _read(f"/proc/{pid}/net/unix").split("\n")[1:-1])
        except (OSError, ValueError, IndexError):
            return 0.0
        return max(0, sockets + (_DATAGRAMS - 1) * datagrams - _FEW_BUFFERS) * _BUFFER_MB
    return 0.0


def _files(pid: int) -> list[str]:
    """A process's open files; as many as it may have where it hides them."""
    folder = f"{_accounts(pid)}/fd"
    try:
        return [f"{folder}/{name}" for name in os.listdir(folder)]
    except PermissionError:
        return [f"{folder}/{number}" for number in range(_HIDDEN_FILES)]
    except OSError:
        return []


def _areas_mb(pid: int) -> float:
    """What the kernel keeps of a process's mapped areas, empty ones too."""
    try:
        areas = _read(f"{_accounts(pid)}/maps").count("\n")
    except PermissionError:
        areas = _most_areas()
    except OSError:
        return 0.0
    return areas * _AREA_MB


@cache
def _most_areas() -> int:
    try:
        return int(_read("/proc/sys/vm/max_map_count"))
    except (OSError, ValueError):
        return _MOST_AREAS


def _shared_out_mb(pid: int) -> float:
    shared_out = _sizes_mb(pid, "smaps_rollup", ("Pss", "SwapPss"))
    if "Pss" not in shared_out:  # not ours to read, or gone: the plain size is never less
        return _held_mb(pid)
    return sum(shared_out.values()) + sum(_sizes_mb(pid, "status", ("VmPTE",)).values())


def _sizes_mb(pid: int, file: str, names: Collection[str]) -> dict[str, float]:
    """The sizes of these names that one of the process's accounts tells; none when it is gone."""
    try:
        rows = [row.partition(":") for row in _read(f"{_accounts(pid)}/{file}").split("\n")]
    except OSError:
        return {}
    return {name: int(size.split()[0]) / 1024 for name, _, size in rows if name in names}


def _signal(pid: int, number: int) -> None:
    with contextlib.suppress(OSError):
        os.kill(pid, number)
