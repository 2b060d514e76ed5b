"""nbgrader's own folders: the exchange's `inbound/`, and what `nbgrader collect` or `zip_collect` made of it.

`ada+ps1+2026-01-02 10:11:12.123456 UTC+x9Kq2`, one a hand-in; or `ada/ps1/`, with the time in `timestamp.txt`. Hand-ins
of other lessons lie beside them.
"""

import re
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

from nbgrader.utils import parse_utc

from course.collect.handed import TIMESTAMP, Handed, Reading
from course.collect.parcel import Entry, Parcel, Refused, levels_around
from course.collect.people import Sender
from course.grading.submission.choosing import same_name

_INBOUND = re.compile(r"(?P<user>[^+]+)\+(?P<lesson>[^+]+)\+(?P<time>[^+]+)(?:\+(?P<chance>.+))?")
_LONGEST = 200  # bytes of a date
Key = tuple[str, str, str]  # folder, student, time as it is written


def share(parcel: Parcel, lesson: str) -> float:
    """Which part of the files lies in folders as nbgrader makes them."""
    places = [entry.place.split("/") for entry in parcel.entries]
    dated = any(parts[-1] == TIMESTAMP for parts in places)
    fits = sum(any(map(_INBOUND.fullmatch, parts[:-1])) or (dated and lesson in parts[1:-1]) for parts in places)
    return fits / max(1, len(places))


def handed(parcel: Parcel, lesson: str) -> Reading:
    """The hand-ins of a lesson."""
    reading = Reading()
    files: dict[Key, list[tuple[str, Entry]]] = defaultdict(list)
    deepest = levels_around(parcel) + 1
    for entry in parcel.entries:
        if (found := _parted(entry, lesson, deepest)) is not None:
            key, place = found
            files[key].append((place, entry))
        elif len(entry.place.split("/")) > 2 or any(map(_INBOUND.fullmatch, entry.place.split("/")[:-1])):
            reading.others += 1
        else:
            reading.left.append(entry.place)
    for (folder, user, written), taken in files.items():
        dates = [entry for place, entry in taken if place == TIMESTAMP]
        time = _time(written or (_text(dates[0]) if dates else ""))
        rest = tuple((place, entry) for place, entry in taken if place != TIMESTAMP)
        sender = Sender(user, (("", user),), own=user, otherwise=user)
        reading.handed.append(Handed(sender, rest, folder, time, "platform" if time else ""))
    return reading


def time_in(folder: Path) -> datetime | None:
    """When a hand-in was sent whose folder holds nbgrader's date; None where there is none that can be read."""
    try:
        with (folder / TIMESTAMP).open("rb") as file:
            return _time(file.read(_LONGEST).decode("utf-8", "replace").strip())
    except OSError:
        return None


def _parted(entry: Entry, lesson: str, deepest: int) -> tuple[Key, str] | None:
    """Which hand-in of the lesson a file is in, and its place there; None where it is in none.

    Below the level at which the students' folders lie, whatever is called like another's hand-in is their own doing.
    """
    parts = entry.place.split("/")
    for at, part in enumerate(parts[:-1]):
        rest = "/".join(parts[at + 1 :])
        if match := _INBOUND.fullmatch(part):
            return ((part, match["user"], match["time"]), rest) if match["lesson"] == lesson else None
        if 0 < at <= deepest and same_name(part, lesson):
            return (f"{parts[at - 1]}/{part}", parts[at - 1], ""), rest
    return None


def _time(written: str) -> datetime | None:
    """A time as nbgrader writes and reads it: without a zone it is in UTC."""
    try:
        return parse_utc(written).replace(tzinfo=UTC) if written else None
    except (ValueError, OverflowError):
        return None


def _text(entry: Entry) -> str:
    try:
        return entry.read()[:_LONGEST].decode("utf-8", "replace").strip()
    except Refused:
        return ""
