"""What a command has found out, kept in the course's .cache/ folder under a hash of all that it rests on.

What is not there, or cannot be read, is found out again; where nothing can be written, so does the next command.
"""

import contextlib
import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

from course.folder import CourseFolder

_ROOT = Path(".cache", "clozegrad")
_WRITING, _LEFT_S = ".writing-", 3600.0


def place(folder: CourseFolder, kind: str, lesson: str, name: str) -> Path:
    """The file of one notebook of a lesson's."""
    return folder.root / _ROOT / kind / lesson / f"{name}.json"


def known(path: Path, key: str) -> dict[str, Any] | None:
    """What was kept under this key."""
    with contextlib.suppress(OSError, ValueError, RecursionError):
        data = json.loads(path.read_text("utf-8"))
        if type(data) is dict and data.get("key") == key:
            return data
    return None


def keep(path: Path, key: str, data: dict[str, Any]) -> None:
    """Keep this in place of what was there; a command beside this one keeps the same."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        ignore = path.parents[2] / ".gitignore"  # some of it holds answers and tests
        if not ignore.exists():
            ignore.write_text("*\n", "utf-8")
        _sweep(path.parent)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=_WRITING)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump({"key": key, **data}, file, indent=1)
            os.chmod(name, 0o644)
            os.replace(name, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise


def _sweep(folder: Path) -> None:
    """Remove what a command that was killed was about to write."""
    for left in folder.glob(f"{_WRITING}*"):
        if time.time() - left.stat().st_mtime > _LEFT_S:
            left.unlink()
