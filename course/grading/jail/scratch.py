"""The working folder of the lower isolation levels: one new folder on disk, removed by the reaper."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from course.grading.jail import privileges, view
from course.grading.jail.privileges import JailLimits

_DEVICES = ("/dev/null", "/dev/full", "/dev/random", "/dev/urandom")
_PROC = ("cpuinfo", "meminfo", "stat", "filesystems")
_PROC_FOR_DEVICES = ("devices", "driver", "modules")


def make() -> Path:
    """A new folder that only this user can look into."""
    return Path(tempfile.mkdtemp(prefix="jail-"))


def fill(folder: Path, files: Mapping[str, bytes | Path], owner: int | None) -> None:
    """Make `work` and `tmp` in `folder`, with copies of `files` in `work`, for the user `owner`."""
    for place in (folder, folder / "work", folder / "tmp"):
        place.mkdir(exist_ok=True)
        if owner is not None:
            os.chown(place, owner, owner)
    for name, content in files.items():
        _put(folder / "work", name, content, owner)


def readable(shown: dict[Path, Path | None], *, devices: bool) -> Iterator[Path]:
    """What Landlock lets a jail read: the view, and of /proc its own entry and what libraries look up."""
    yield from view.readable(shown)
    names = (str(os.getpid()), *_PROC, *(_PROC_FOR_DEVICES if devices else ()))
    yield from (Path("/proc", name) for name in names)


def devices(more: Sequence[Path]) -> list[Path]:
    """The device files that a jail may use, and with GPUs where their driver writes the names of its own threads."""
    own = [Path("/proc", str(os.getpid()), "task")] if more else []
    return [*map(Path, _DEVICES), *more, *own]


def enter_elsewhere(files: Mapping[str, bytes | Path], limits: JailLimits) -> None:
    """The plain level where there is no Linux kernel: a session, limits and a folder that the system cleans up."""
    folder = make()
    os.setsid()
    fill(folder, files, None)
    os.chdir(folder / "work")
    privileges.set_limits(limits)


def _put(work: Path, name: str, content: bytes | Path, owner: int | None) -> None:
    target = work / view.relative(name)
    for folder in reversed([folder for folder in target.parents if folder.is_relative_to(work) and folder != work]):
        folder.mkdir(exist_ok=True)
        if owner is not None:
            os.chown(folder, owner, owner)
    if isinstance(content, bytes):
        target.write_bytes(content)
    elif content.is_dir():
        shutil.copytree(content, target)
    else:
        shutil.copyfile(content, target)
    if not target.is_dir():
        target.chmod(0o644)
        if owner is not None:
            os.chown(target, owner, owner)
