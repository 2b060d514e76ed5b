"""What lies in a folder that somebody sent: every file that may be read, however deep, odd or many they are."""

import errno
import os
import stat
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

MAX_DEPTH = 20  # folders in folders
MAX_ENTRIES = 20_000  # files and folders that are looked at
MAX_FILES = 2_000
MAX_PATH = 1_000  # bytes from the student's folder to the file
MAX_FILES_BYTES = 200 * 2**20  # of one hand-in's files together
_SYSTEM_FOLDERS = {"__macosx", ".git", ".ipynb_checkpoints", "__pycache__", ".venv", "node_modules", ".idea", ".vscode"}
_SYSTEM_FOLDERS |= {".trash", ".cache", ".local", ".config", "$recycle.bin", ".mypy_cache", ".pytest_cache", ".svn"}
_SYSTEM_FILES = {".ds_store", "thumbs.db", "desktop.ini", ".localized", "icon\r", ".directory"}
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


@dataclass
class Walk:
    """The files of one folder in the order of their places, and how many were passed over for each reason."""

    files: list[Found] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)

    def notes(self) -> list[str]:
        """What stayed behind, a line a reason."""
        return [f"{count} of the files {reason}: not copied" for reason, count in sorted(self.left.items())]


def walk(folder: Path) -> Walk:
    """Every file below a folder that is the student's own: no links, nothing reached through one, no giants.

    It never raises for what it finds, and looks at no more than so much of it.
    """
    result = Walk()
    waiting = [("", 0)]
    seen = 0
    while waiting:
        place, depth = waiting.pop()
        entries = _entries(folder / place if place else folder, result)
        seen += len(entries)
        if seen > MAX_ENTRIES:
            result.left[f"came after the {MAX_ENTRIES} that are looked at"] += len(entries)
            break
        for entry in entries:
            _look_at(entry, f"{place}/{entry.name}" if place else entry.name, depth, waiting, result)
    result.files.sort(key=lambda found: os.fsencode(found.place))
    if len(result.files) > MAX_FILES:
        result.left[f"came after the {MAX_FILES} that are taken"] += len(result.files) - MAX_FILES
        result.files.sort(key=lambda found: (found.depth, os.fsencode(found.place)))
        result.files = sorted(result.files[:MAX_FILES], key=lambda found: os.fsencode(found.place))
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


def _entries(folder: Path, result: Walk) -> list[os.DirEntry[str]]:
    entries: list[os.DirEntry[str]] = []
    try:
        with os.scandir(folder) as found:
            for entry in found:
                entries.append(entry)
                if len(entries) > MAX_ENTRIES:
                    break
    except OSError as error:
        result.left[_reason(error)] += 1
    return sorted(entries, key=lambda entry: os.fsencode(entry.name), reverse=True)


def _look_at(entry: os.DirEntry[str], place: str, depth: int, waiting: list[tuple[str, int]], result: Walk) -> None:
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
        elif not os.path.exists(os.path.join(entry.path, "pyvenv.cfg")):
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
