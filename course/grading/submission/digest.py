"""One hash of all that grading reads of a hand-in: the same hash, the same hand-in."""

import hashlib
import json

from course.grading.submission.choosing import Candidate
from course.grading.submission.files import HandIn
from course.grading.submission.parsing import MAX_BYTES, Unreadable
from course.grading.submission.walking import Found


def digest(hand_in: HandIn) -> str | None:
    """The hash of a hand-in's files, their places and the order in which they are tried; None when one cannot be read.

    Times count only through that order: a file that was copied, or dated by a clock that was wrong, is the same file.
    """
    try:
        walk, choices, spare = hand_in.walk, hand_in.given, hand_in.spare()
        about = {
            "of": [*hand_in.about, *walk.notes()],
            "tried": [_named(one) for one in choices],
            "spare": [_named(one) for one in spare],
            "files": [[file.place, file.size] for file in walk.files],
        }
        read = {file.path: file for file in [*(one.file for one in (*choices, *spare)), *walk.others]}
        whole = hashlib.sha256(json.dumps(about).encode())
        for path in sorted(read):
            whole.update(_hash_of(read[path]))
    except (OSError, Unreadable):
        return None
    return whole.hexdigest()


def _named(one: Candidate) -> list[str]:
    """A file that may be the notebook; in a zip file, its place there is part of its own."""
    return [one.file.place, one.likeness]


def _hash_of(file: Found) -> bytes:
    """The hash of a file as it lies there; one that is too large to be graded is told by its size and time alone."""
    status = file.path.stat()
    if status.st_size > 2 * MAX_BYTES:
        return hashlib.sha256(f"{status.st_size} {status.st_mtime_ns}".encode()).digest()
    with file.path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").digest()
