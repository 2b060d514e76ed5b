"""What lies in a folder that somebody sent: every file that may be read, however deep, odd or many they are."""

import contextlib
import errno
import os
import stat
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

MAX_DEPTH = 20  # folders in folders
MAX_NAMES = 300_000  # of files and folders
MAX_ENTRIES = 20_000  # files that are looked at besides those that their name calls a notebook
MAX_FILES = 2_000  # that are taken beside the notebooks
MAX_PATH = 1_000  # bytes from the student's folder to the file
MAX_FILES_BYTES = 200 * 2**20  # of one hand-in's files together
_SYSTEM_FOLDERS = {"__macosx", ".git", ".ipynb_checkpoints", "__pycache__", ".venv", "node_modules", ".idea", ".vscode"}
_SYSTEM_FOLDERS |= {".trash", ".cache", ".local", ".config", "$recycle.bin", ".mypy_cache", ".pytest_cache", ".svn"}
_SYSTEM_FILES = {".ds_store", "thumbs.db", "desktop.ini", ".localized", "icon\r", ".directory"}
_ENVIRONMENT = {"pyvenv.cfg", "bin", "etc", "include", "lib", "lib64", "scripts", "share"}  # beside the first of them
_SYSTEM_BEGINNINGS = ("._", "~$", ".~", ".nfs")
_SYSTEM_ENDINGS = (".swp", ".swo", ".verdict.json")  # the last is the grader's own, and nobody else's counts


@dataclass(frozen=True)
class Found:
    """A file, by its place in the folder."""

    place: str
    path: Path
    size: int
    changed_s: float

    @property
    def name(self) -> str:
        return os.path.basename(self.place)

    @property
    def depth(self) -> int:
        return self.place.count("/")

    def content(self, most: int) -> bytes:
        """What is in it, up to so many bytes; OSError when it cannot be read."""
        with self.path.open("rb") as opened:
            return opened.read(most)


@dataclass
class Walk:
    """The files of one folder in the order of their places, and how many were passed over for each reason."""

    files: list[Found] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)

    @property
    def others(self) -> list[Found]:
        """The files beside the notebooks that are taken: the nearest, as many and as large as there is room for."""
        return self._parted[0]

    def notes(self) -> list[str]:
        """What stayed behind, a line a reason."""
        left = self.left + self._parted[1]
        return [f"{count} of the files {reason}: not copied" for reason, count in sorted(left.items())]

    @cached_property
    def _parted(self) -> tuple[list[Found], Counter[str]]:
        taken: list[Found] = []
        left: Counter[str] = Counter()
        room = MAX_FILES_BYTES
        for file in sorted(self.files, key=lambda file: file.depth):
            if file.name.casefold().endswith(".ipynb"):
                continue
            if len(taken) == MAX_FILES:
                left[f"came after the {MAX_FILES} that are taken"] += 1
            elif file.size > room:
                left[f"exceed the {MAX_FILES_BYTES / 2**20:.0f} MB that are taken"] += 1
            else:
                room -= file.size
                taken.append(file)
        return taken, left


def walk(folder: Path, may_be_notebook: Callable[[str], bool] = lambda name: False) -> Walk:
    """Every file below a folder that is the student's own: no links, nothing reached through one, no giants.

    It never raises for what it finds, and reads no more than so many names, the nearest first. A file whose name may be
    a notebook's is found among any number of others, of which it looks at no more than so many.
    """
    result = Walk()
    waiting = deque([("", 0)])
    names = others = 0
    while waiting:
        place, depth = waiting.popleft()
        entries = _entries(folder / place, MAX_NAMES - names, result)
        names += len(entries)
        is_environment = any(entry.name == "pyvenv.cfg" for entry in entries)
        for entry in entries:
            if is_systems(entry.name) or (is_environment and entry.name.casefold() in _ENVIRONMENT):
                continue
            if not may_be_notebook(entry.name) and not _is_folder(entry):
                others += 1
                if others > MAX_ENTRIES:
                    continue
            _look_at(entry, f"{place}/{entry.name}" if place else entry.name, depth, waiting, result)
    if others > MAX_ENTRIES:
        result.left[f"came after the {MAX_ENTRIES} that are looked at"] += others - MAX_ENTRIES
    result.files.sort(key=lambda found: os.fsencode(found.place))
    return result


def is_systems(name: str) -> bool:
    """Whether a file or folder was put there by an operating system or an editor, and by no student."""
    plain = name.casefold()
    return (
        plain in _SYSTEM_FOLDERS
        or plain in _SYSTEM_FILES
        or plain.startswith(_SYSTEM_BEGINNINGS)
        or plain.endswith(_SYSTEM_ENDINGS)
    )


def _entries(folder: Path, most: int, result: Walk) -> list[os.DirEntry[str]]:
    entries: list[os.DirEntry[str]] = []
    try:
        with os.scandir(folder) as found:
            for entry in found:
                if len(entries) == most:
                    result.left[f"came after the {MAX_NAMES} names that are read"] += 1
                    break
                entries.append(entry)
    except OSError as error:
        result.left[_reason(error)] += 1
    return sorted(entries, key=lambda entry: os.fsencode(entry.name))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    with contextlib.suppress(OSError):
        return entry.is_dir(follow_symlinks=False)
    return False


def _look_at(entry: os.DirEntry[str], place: str, depth: int, waiting: deque[tuple[str, int]], result: Walk) -> None:
    if is_systems(entry.name):
        return
    if len(os.fsencode(place)) > MAX_PATH:
        result.left["have too long a path"] += 1
        return
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError as error:
        result.left[_reason(error)] += 1
        return
    if stat.S_ISDIR(status.st_mode):
        if depth >= MAX_DEPTH:
            result.left[f"lie more than {MAX_DEPTH} folders deep"] += 1
        else:
            waiting.append((place, depth + 1))
    elif not stat.S_ISREG(status.st_mode):
        result.left["are links, pipes or devices"] += 1
    elif not os.access(entry.path, os.R_OK):
        result.left["may not be read"] += 1
    else:
        result.files.append(Found(place, Path(entry.path), status.st_size, status.st_mtime))


def _reason(error: OSError) -> str:
    if error.errno == errno.ENAMETOOLONG:
        return "have too long a path"
    return f"cannot be read ({error.strerror})"
