"""What must not change while a server runs: it notices, leaves, and the next command finds another or none."""

import hashlib
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from course.grading.warm.fitting import PACKAGE

Stat = list[int]
_IMPORTABLE = (".py", ".so", ".pth", ".egg-link", ".dist-info", ".egg-info")
_KERNEL = (  # on which of these settings the jail rests
    "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
    "/proc/sys/kernel/unprivileged_userns_clone",
    "/proc/sys/user/max_user_namespaces",
    "/sys/kernel/security/lsm",
)


def installed(folders: Sequence[str]) -> str:
    """A hash of our own files, what these folders have to import, the interpreter, the kernel's settings for jails."""
    whole = hashlib.sha256()
    for row in (*_own(), *_importable(folders), *_kernel(), f"{sys.executable} {stat_of(sys.executable)}"):
        whole.update(row.encode("utf-8", "surrogateescape") + b"\0")
    return whole.hexdigest()


def imported() -> dict[str, Stat]:
    """The file of each module of this process that has one, as it is now."""
    modules = list(sys.modules.values())
    paths = {path for module in modules if isinstance(path := getattr(module, "__file__", None), str)}
    return {path: stat_of(path) for path in sorted(paths)}


def unchanged(files: dict[str, Stat]) -> bool:
    """Whether each file is as it was."""
    return all(stat_of(path) == before for path, before in files.items())


def newest(files: dict[str, Stat]) -> int:
    """When the newest of them was written, in nanoseconds."""
    return max((about[2] for about in files.values() if about), default=0)


def stat_of(path: str) -> Stat:
    """What tells a file from another version of it; empty where there is none."""
    try:
        about = os.stat(path)
    except OSError:
        return []
    return [about.st_ino, about.st_size, about.st_mtime_ns]


def _own() -> Iterator[str]:
    for folder, folders, files in os.walk(PACKAGE):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(files):
            yield f"{folder}/{name} {stat_of(f'{folder}/{name}')}"


def _importable(folders: Sequence[str]) -> Iterator[str]:
    """What lies in the folders that modules are imported from: names, and the state of what installing rewrites."""
    for folder in folders:
        try:
            entries = sorted(os.scandir(folder or "."), key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            if entry.name.endswith(_IMPORTABLE):
                yield f"{entry.path} {stat_of(entry.path)}"
            elif entry.is_dir() and entry.name != "__pycache__":
                yield entry.path


def _kernel() -> Iterator[str]:
    for name in _KERNEL:
        try:
            yield f"{name} {Path(name).read_text()}"
        except OSError:
            yield f"{name} -"
