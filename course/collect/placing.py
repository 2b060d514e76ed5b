"""The attempt that counts, laid out in `submitted/STUDENT/LESSON/` for `course grade` and nbgrader.

The folder is made elsewhere and put there by renaming, so that nobody finds half of it. What was there is kept as an
attempt before, unless it is one.
"""

import contextlib
import os
import shutil
import tempfile
from datetime import UTC
from pathlib import Path

from course.collect.handed import TIMESTAMP
from course.collect.keeping import Attempt, digests_of, walked, write
from course.collect.places import arranged

_FORM = "%Y-%m-%d %H:%M:%S.%f UTC"  # as nbgrader writes it


def place(attempt: Attempt, target: Path, beside: Path) -> bool:
    """Lay an attempt out, unless it lies there; whether anything was to be done.

    Args:
        beside: a folder to make it in.
    """
    if target.is_dir() and attempt.about.laid_out in digests_of(target):
        return _date(attempt, target)
    beside.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=beside, prefix=".writing-"))
    try:
        new = made / "new"
        new.mkdir()
        found = dict(walked(attempt.files))
        for to, source in arranged(found, attempt.about.notebooks).items():
            (new / to).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(found[source], new / to, follow_symlinks=False)
        _date(attempt, new)
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            shutil.move(target, made / "old")
        try:
            shutil.move(new, target)
        except BaseException:
            with contextlib.suppress(OSError):
                (made / "old").rename(target)
            raise
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return True


def _date(attempt: Attempt, folder: Path) -> bool:
    """Write when it was handed in, where that is known, as nbgrader reads it."""
    if attempt.about.time is None:
        return False
    text = attempt.about.time.astimezone(UTC).strftime(_FORM)
    path = folder / TIMESTAMP
    if path.is_file() and path.read_text("utf-8", "replace").strip() == text:
        return False
    if path.exists() and not os.access(path, os.W_OK):
        path.unlink()
    write(path, text + "\n")
    return True
