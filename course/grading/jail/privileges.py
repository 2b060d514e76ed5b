"""What a jailed process gives up before student code runs: open files, limits, its user, capabilities.

Protects against: open files of the grader, endless processor use, huge files, fork bombs, core files, root's rights.
Does not protect against: memory use (`course.grading.system.tree` polls it; a tight RLIMIT_AS breaks torch).
"""

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from course.errors import CourseError
from course.grading.jail import kernel

# A host user that owns nothing: one per jail where the range of user ids allows it, so that jails cannot meet.
_FIRST_UID = 0x7000_0000
_SMALL_UIDS = (20_000, 30_000)
_NOBODY = 65534


@dataclass(frozen=True)
class JailLimits:
    """How much a jailed submission may use; memory is watched from outside."""

    processes: int = 128  # threads count too
    open_files: int = 256
    file_mb: int = 128
    disk_mb: int = 256
    shm_mb: int = 256
    files: int = 20_000
    cpu_s: int = 600
    addresses_tb: int = 4  # room for any library's reservations, not for page tables without end; 0: no limit


def close_other_files(keep: Iterable[int]) -> None:
    """Let go of every open file but `keep`: what is not kept reads and writes nothing under its number from now on.

    Its number stays taken: a module that still holds it would else meet whatever the student opens next.

    Raises CourseError when a kept one is a folder or a terminal: through either, a jail leaks.
    """
    kept = set(keep)
    for fd in sorted(kept):
        mode = os.fstat(fd).st_mode
        if stat.S_ISDIR(mode) or os.isatty(fd):
            raise CourseError(
                f"file descriptor {fd} is a folder or a terminal, so the jail cannot keep it; pass a pipe or socket"
            )
    others = ({0, 1, 2} | set(_open_files())) - kept
    nothing = os.open(os.devnull, os.O_RDWR)
    for fd in others - {nothing}:
        os.dup2(nothing, fd, inheritable=fd < 3)
    if nothing not in others:
        os.close(nothing)
    else:  # pragma: no cover - only where a standard stream was closed before
        os.set_inheritable(nothing, True)


def set_limits(limits: JailLimits) -> None:
    """Lower this process's resource limits for good."""
    import resource

    _limit(resource.RLIMIT_NOFILE, limits.open_files)
    _limit(resource.RLIMIT_FSIZE, limits.file_mb * 1024**2)
    _limit(resource.RLIMIT_CPU, limits.cpu_s, limits.cpu_s + 1)
    if limits.addresses_tb:
        _limit(resource.RLIMIT_AS, limits.addresses_tb * 1024**4)
    _limit(resource.RLIMIT_CORE, 1 if kernel.is_linux() else 0)  # 1, not 0: also stops a core_pattern that is a pipe
    if hasattr(resource, "RLIMIT_MSGQUEUE"):
        _limit(resource.RLIMIT_MSGQUEUE, 0)


def give_up(limits: JailLimits, uid: int | None, *, own_count: bool, keep: int = 0) -> None:
    """Set all limits, become `uid` (None: stay who we are), drop all capabilities but `keep`, gain none any more.

    `own_count` says that no process outside the jail counts towards its limit on processes.
    """
    set_limits(limits)
    limit_processes(limits.processes, own_count=own_count)
    leave_root(uid, keep)
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)


def counts_by_namespace() -> bool:
    """Whether this kernel counts a user's processes in each user namespace apart (Linux 5.14 and later)."""
    return tuple(map(int, os.uname().release.split("-")[0].split(".")[:2])) >= (5, 14)


def limit_processes(count: int, *, own_count: bool) -> None:
    """Let this process's user start `count` more processes and threads; `own_count`: no other counts."""
    import resource

    _limit(resource.RLIMIT_NPROC, count if own_count else count + _threads_of_user())


def leave_root(uid: int | None, keep: int = 0) -> None:
    """Become the user `uid` (None: stay who we are) and drop every capability but those in the mask `keep`."""
    kernel.drop_bounding_set()
    if uid is not None:
        kernel.prctl(kernel.PR_SET_KEEPCAPS, 1)
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    kernel.set_capabilities(keep if uid is not None else 0)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 1)  # a change of user clears it, and /proc/self then belongs to root


def reading_capability() -> int:
    """The mask of the one capability by which a former root still reads a Python that lies in root's home.

    Docker leaves root the wider of the two only; there Landlock still says what may be written.
    """
    mine = kernel.permitted_capabilities()
    wanted = (1 << kernel.CAP_DAC_READ_SEARCH, 1 << kernel.CAP_DAC_OVERRIDE)
    return next((mask for mask in wanted if mine & mask), 0)


def spare_uid() -> int | None:
    """A user that owns nothing and that root can become in this process; None when it is not root or there is none."""
    if os.geteuid() != 0:
        return None
    low, high = _SMALL_UIDS
    wanted = (_FIRST_UID + os.getpid(), low + os.getpid() % (high - low), _NOBODY)
    return next((uid for uid in wanted if _is_mapped(uid)), None)


def _is_mapped(uid: int) -> bool:
    try:
        rows = [row.split() for row in Path("/proc/self/uid_map").read_text().splitlines()]
    except OSError:
        return uid == _NOBODY
    return any(int(first) <= uid < int(first) + int(count) for first, _, count in rows)


def _threads_of_user() -> int:
    """How many threads this user runs, which is what the limit on processes counts."""
    count = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if folder.stat().st_uid == os.geteuid():
                count += int((folder / "stat").read_text().rpartition(")")[2].split()[17])
        except (OSError, IndexError):
            continue
    return count


def _open_files() -> list[int]:
    """The numbers of this process's open files."""
    for folder in ("/proc/self/fd", "/dev/fd"):
        try:
            return [fd for fd in map(int, os.listdir(folder)) if _is_open(fd)]  # the listing's own is closed again
        except (OSError, ValueError):
            continue
    return [fd for fd in range(os.sysconf("SC_OPEN_MAX")) if _is_open(fd)]


def _is_open(fd: int) -> bool:
    try:
        os.fstat(fd)
    except OSError:
        return False
    return True


def _limit(which: int, soft: int, hard: int | None = None) -> None:
    import resource

    _, ceiling = resource.getrlimit(which)
    wanted = soft if hard is None else hard
    if ceiling != resource.RLIM_INFINITY:
        wanted = min(wanted, ceiling)
    resource.setrlimit(which, (min(soft, wanted), wanted))


def counts_processes_together(isolation: str) -> bool:
    """Whether one jail's processes count towards the limit of another that runs beside it."""
    own_count = isolation == "namespaces" and counts_by_namespace()
    return kernel.is_linux() and not own_count and spare_uid() is None
