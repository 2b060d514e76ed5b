"""A graded hand-in's folder in autograded/: one process at a time writes there, and what a killed one left goes."""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from course.grading.verdict import stored

_WRITING = ".writing-"


@contextmanager
def held(place: Path) -> Iterator[None]:
    """Wait until no other `course grade` reads or writes this hand-in's result; the lock ends with its process."""
    number = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with contextlib.suppress(OSError):  # a file system without locks
            fcntl.flock(number, fcntl.LOCK_EX)
            _sweep(place)
        yield
    finally:
        os.close(number)


def _sweep(place: Path) -> None:
    """Remove what a process that was killed was about to write."""
    for name in os.listdir(place):
        if name.startswith(_WRITING) and name.endswith(stored.ENDING):
            (place / name).unlink()


def clear(path: Path, *, keep: bool) -> None:
    """Take out of the way what an earlier hand-in left where something of another kind comes now."""
    if path.is_symlink() or (path.exists() and not keep and not path.is_dir()):
        path.unlink()
    elif path.exists() and not keep:
        shutil.rmtree(path)


def write(texts: Mapping[Path, str]) -> None:
    """Replace files at once, the last of which counts: a crash leaves the old ones, or a mark that does not fit.

    What is half written is called like a verdict, which nobody's command copies.
    """
    written: dict[str, Path] = {}
    try:
        for path, text in texts.items():
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=_WRITING, suffix=stored.ENDING)
            written[name] = path
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            os.chmod(name, 0o644)
        for name, path in written.items():
            os.replace(name, path)
    except BaseException:
        for name in written:
            with contextlib.suppress(OSError):
                os.unlink(name)
        raise
