"""Moodle's "Download all submissions": a folder for each participant, or all files side by side.

`Ada Lovelace_12345_assignsubmission_file/ps1.ipynb` since Moodle 4, with a `_` after `file` before; without "Download
submissions in folders", `Ada Lovelace_12345_assignsubmission_file_ps1.ipynb`. The number is the participant's in this
assignment, as the grading worksheet has it. No time is told: it stands in the worksheet.
"""

import re
from collections import defaultdict

from course.collect.handed import Handed, Reading
from course.collect.parcel import Entry, Parcel
from course.collect.people import Sender
from course.collect.roster import PARTICIPANT

_NAMED = re.compile(r"(?P<name>.*?)_(?P<number>\d+)_assignsubmission_(?P<kind>[a-z]+)(?P<rest>_.*)?")


def share(parcel: Parcel) -> float:
    """Which part of the files is named as Moodle names them."""
    return sum(_parted(entry) is not None for entry in parcel.entries) / max(1, len(parcel.entries))


def handed(parcel: Parcel) -> Reading:
    """The hand-ins, one a participant, whatever kinds of submission each has."""
    reading = Reading()
    files: dict[tuple[str, str], list[tuple[str, Entry]]] = defaultdict(list)
    for entry in parcel.entries:
        if (found := _parted(entry)) is None:
            reading.left.append(entry.place)
        else:
            name, number, place = found
            files[name, number].append((place, entry))
    for (name, number), taken in files.items():
        sender = Sender(f"{name}_{number}", ((PARTICIPANT, number),), (name,), own=number, otherwise=name)
        reading.handed.append(Handed(sender, tuple(taken), sender.label))
    return reading


def _parted(entry: Entry) -> tuple[str, str, str] | None:
    """Name, number and the file's place in the hand-in; None where the file is not named so."""
    parts = entry.place.split("/")
    for at, part in enumerate(parts):
        if match := _NAMED.fullmatch(part):
            rest = (match["rest"] or "").removeprefix("_")
            return match["name"], match["number"], "/".join(parts[at + 1 :]) or rest or match["kind"]
    return None
