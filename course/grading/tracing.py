"""What the examiner asked of a student's side and what came back, as a file for the instructor: a JSON object a line.

It lies under traces/, outside every folder that nbgrader copies from, and only its owner may read it: hidden tests and
their inputs stand in it. `docs/grading.md` has its fields.
"""

import contextlib
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.process.supervisor import Onlooker
from course.grading.protocol import Step
from course.grading.submission.files import HandIn

SCHEMA, VERSION = "clozegrad trace", 1
MAX_BYTES = 20 * 2**20


def path_of(folder: CourseFolder, hand_in: HandIn) -> Path:
    """Where the trace of a hand-in is kept."""
    return folder.traces / hand_in.student / hand_in.exam.lesson / f"{hand_in.exam.name}.jsonl"


@contextlib.contextmanager
def traced(folder: CourseFolder, hand_in: HandIn) -> Iterator[Onlooker]:
    """Somebody who writes down each step; CourseError where the file cannot be made."""
    path = path_of(folder, hand_in)
    try:
        _make_folder(folder.traces, path.parent)
        path.unlink(missing_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise CourseError(f"{path} cannot be written: {error.strerror}; grade without --trace, or fix that") from error
    with os.fdopen(handle, "wb", buffering=0) as file:
        room = MAX_BYTES

        def tell(step: Step) -> None:
            nonlocal room
            line = json.dumps(step, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
            if room <= 0:
                return
            if len(line) > room:
                line = b'{"event": "full"}\n'
                room = 0
            room -= len(line)
            try:
                file.write(line)
            except OSError:  # a full disk costs the trace, not the grade
                room = 0

        about: Step = {"student": hand_in.student, "lesson": hand_in.exam.lesson, "notebook": hand_in.exam.name}
        started = datetime.now(UTC).isoformat(timespec="seconds")
        tell({"event": "trace", "schema": SCHEMA, "version": VERSION, **about, "started": started})
        yield Onlooker(tell)


def _make_folder(root: Path, target: Path) -> None:
    """Make the folder of a trace; git and other accounts are kept out of all of them."""
    root.mkdir(mode=0o700, exist_ok=True)  # another hand-in's thread may make it at the same time
    ignore = root / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", "utf-8")
    target.mkdir(parents=True, exist_ok=True)
