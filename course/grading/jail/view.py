"""Which paths a jail may read: the system's programs, the Python environment, and what the plan adds or takes away."""

import os
import site
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path, PurePosixPath

import course
from course.errors import CourseError

_PROGRAMS = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store", "/gnu/store")
_SETTINGS = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "localtime", "timezone", "nsswitch.conf")
_MORE_SETTINGS = ("fonts", "mime.types", "matplotlibrc", "OpenCL", "vulkan")
_HARDWARE = ("/sys/devices/system/cpu", "/sys/devices/system/node")
_ALL_HARDWARE = ("/sys",)  # GPU drivers look for their card on the bus


@cache
def environment() -> tuple[Path, ...]:
    """The folders that Python and its packages lie in, and the `course` package (which holds no answers)."""
    places = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix, *sysconfig.get_paths().values()}
    if site.ENABLE_USER_SITE:
        places.add(site.getusersitepackages())
    folders = [Path(place) for place in places if os.path.isdir(place) and place != "/"] + [
        Path(course.__file__).parent
    ]
    return tuple(sorted({*folders, *(folder.resolve() for folder in folders)}))


def system(*, devices: bool) -> tuple[Path, ...]:
    """The folders and files of the operating system that programs need; none holds anything private."""
    etc = [f"/etc/{name}" for name in (*_SETTINGS, *_MORE_SETTINGS)]
    names = (*_PROGRAMS, *etc, *(_ALL_HARDWARE if devices else _HARDWARE))
    return tuple(Path(name) for name in names if os.path.exists(name) and not os.path.islink(name))


def links() -> Iterator[Path]:
    """The links that stand where systems with one /usr tree used to have folders, such as /bin."""
    return (Path(name) for name in _PROGRAMS if os.path.islink(name))


def trees(hide: Iterable[Path], keep: Iterable[Path], *, devices: bool) -> dict[Path, Path | None]:
    """By path, shorter ones first, what shows there: a tree of the same path, or None for nothing; the longest counts.

    A hidden path is listed only inside a tree that shows, since nothing else shows at all.
    """
    shown: dict[Path, Path | None] = {path: path for path in system(devices=devices)}
    kept = {path: path.resolve() for path in map(absolute, keep) if os.path.exists(path)}
    for path in (absolute(path).resolve() for path in hide):
        if os.path.exists(path) and any(path.is_relative_to(tree) for tree in (*shown, *kept)):
            shown[path] = None
    shown |= kept | {real: real for real in kept.values()}
    ordered = sorted(shown, key=lambda path: (len(path.parts), path))
    return {path: shown[path] for path in ordered if not _is_shown_already(path, shown)}


def _is_shown_already(path: Path, shown: dict[Path, Path | None]) -> bool:
    """Whether the nearest listed folder above `path` shows it anyhow."""
    above = next((folder for folder in path.parents if folder in shown), None)
    return above is not None and shown[above] is not None and shown[path] == path and shown[above] == above


def readable(shown: dict[Path, Path | None]) -> Iterator[Path]:
    """The same view as paths that may be read whole, for rules that can only allow: a tree with a hole is split up."""
    hidden = [path for path, source in shown.items() if source is None]
    for path, source in shown.items():
        if source is not None:
            yield from _without(path, hidden)


def _without(path: Path, hidden: list[Path]) -> Iterator[Path]:
    if path in hidden:
        return
    if not any(hole.is_relative_to(path) for hole in hidden):
        yield path
    elif path.is_dir():
        for child in sorted(path.iterdir()):
            yield from _without(child, hidden)


def absolute(path: Path) -> Path:
    """`path` from the root without `..`; CourseError when it is the root itself."""
    whole = Path(os.path.abspath(path))
    if whole == Path("/"):
        raise CourseError("a jail can neither keep nor hide the whole file tree /; name the folders that matter")
    return whole


def relative(name: str) -> PurePosixPath:
    """`name` as a path inside the working folder; CourseError when it leads out of it."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise CourseError(
            f"{name!r} does not name a file inside the working folder of a lesson; use a plain relative name"
        )
    return path
