"""Blackboard's "Assignment File Download": every attempt's files side by side, and a text for each attempt.

`Problem Set 1_alovelace_attempt_2026-01-02-10-11-12_ps1.ipynb`, and `…-12.txt`, which names the student, the files as
they were called, and what the student wrote. The time is that of the server, without a zone. The documentation of
nbgrader's zip_collect names files so too.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from course.collect.handed import Handed, Reading
from course.collect.parcel import Entry, Parcel, Refused
from course.collect.people import Sender

# The first mark of an attempt is Blackboard's: what follows the time is the student's, who may write another one there.
_NAMED = re.compile(r"(?P<who>.+?)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|(?P<text>\.txt))")
_STUDENT = re.compile(r"^Name:\s*(?P<name>.+?)\s*\((?P<user>[^()\s]+)\)\s*$", re.MULTILINE)
_FILE = re.compile(r"^\s*Original filename:\s*(?P<original>.+?)\s*\n\s*Filename:\s*(?P<here>.+?)\s*$", re.MULTILINE)
_COMMENT = re.compile(r"^Comments:\s*\n(?P<text>.*?)(?=^Files:|\Z)", re.MULTILINE | re.DOTALL)
_NONE = "There are no student comments for this assignment"


@dataclass
class _Attempt:
    files: list[tuple[str, Entry]] = field(default_factory=list)
    text: str = ""


def share(parcel: Parcel) -> float:
    """Which part of the files is named as Blackboard names them."""
    return sum(_match(entry) is not None for entry in parcel.entries) / max(1, len(parcel.entries))


def handed(parcel: Parcel) -> Reading:
    """The hand-ins, one an attempt."""
    reading = Reading()
    attempts: dict[tuple[str, str], _Attempt] = defaultdict(_Attempt)
    for entry in parcel.entries:
        if (match := _match(entry)) is None:
            reading.left.append(entry.place)
            continue
        attempt = attempts[match["who"], match["time"]]
        if match["text"]:
            attempt.text = _text(entry)
        else:
            attempt.files.append((match["file"], entry))
    for (who, written), attempt in attempts.items():
        reading.handed.append(_one(who, written, attempt))
    return reading


def _one(who: str, written: str, attempt: _Attempt) -> Handed:
    """One attempt: the student as the text names them, else by what follows a `_` in the names of the files."""
    named = _STUDENT.search(attempt.text)
    parts = who.split("_")
    after = ["_".join(parts[at:]) for at in range(1, len(parts))] or parts
    users = [named["user"]] if named else after
    originals = {match["here"]: match["original"] for match in _FILE.finditer(attempt.text)}
    sender = Sender(
        users[-1], tuple(("", user) for user in users), (named["name"],) if named else (), own=who, otherwise=users[-1]
    )
    comment = _COMMENT.search(attempt.text)
    said = " ".join(comment["text"].split()) if comment else ""
    return Handed(
        sender,
        tuple((originals.get(entry.name, place), entry) for place, entry in attempt.files),
        f"{who}_attempt_{written}",
        _time(written),
        "platform",
        comment="" if said.startswith(_NONE) else said[:500],
    )


def _match(entry: Entry) -> re.Match[str] | None:
    match = _NAMED.fullmatch(entry.name)
    return match if match and _time(match["time"]) else None


def _time(written: str) -> datetime | None:
    try:
        return datetime.strptime(written, "%Y-%m-%d-%H-%M-%S")
    except ValueError:
        return None


def _text(entry: Entry) -> str:
    try:
        return entry.read()[:100_000].decode("utf-8-sig", "replace").replace("\r\n", "\n")
    except Refused:
        return ""
