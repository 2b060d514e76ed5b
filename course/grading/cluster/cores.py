"""Which cores a worker uses: those that no other worker of this user's on this machine has claimed.

A claim is a lock on a file, which the kernel lets go when its process ends; a fork server does not inherit it.
"""

import contextlib
import fcntl
import os
import tempfile

from course.grading.system.slots import usable_cores

_held: list[int] = []  # open files with a lock, as long as this process lives


def claimed(count: int) -> tuple[int, ...]:
    """So many cores for this process; as many as are free, or all that it may use where none is or none can be told."""
    cores = usable_cores()
    with contextlib.suppress(OSError):
        folder = _folder()
        try:
            found: list[int] = []
            for core in cores:
                if len(found) < count and _claim(folder, core):
                    found.append(core)
            return tuple(found) or cores
        finally:
            os.close(folder)
    return cores


def _folder() -> int:
    """The folder of claims, open; OSError when it is not this user's alone."""
    path = os.path.join(tempfile.gettempdir(), f"clozegrad-cores-{os.geteuid()}")
    with contextlib.suppress(FileExistsError):
        os.mkdir(path, 0o700)
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    if os.fstat(folder).st_uid != os.geteuid():
        os.close(folder)
        raise PermissionError(f"{path} is another user's")
    return folder


def _claim(folder: int, core: int) -> bool:
    number = os.open(f"{core}.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600, dir_fd=folder)
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(number)
        return False
    _held.append(number)
    return True
