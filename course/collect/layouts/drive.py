"""Google Classroom: the assignment's folder in Drive, downloaded as one zip file or several.

`Ada Lovelace - ps1.ipynb` where Classroom made the copies; a file that a student made keeps its own name, and then
only the names and ids in that tell whose it is. Drive numbers the zip files (`ps1-20260102T101112Z-001.zip`) and files
of one name (`ps1(1).ipynb`). The time of handing in is not told.
"""

import os
from collections import defaultdict

from course.collect.handed import Handed, Reading
from course.collect.parcel import Entry, Parcel
from course.collect.people import Sender

_BETWEEN = " - "


def share(parcel: Parcel) -> float:
    """Which part of the files is named as Classroom names copies, where all lie in one folder."""
    if len({os.path.dirname(entry.place) for entry in parcel.entries}) > 1:
        return 0.0
    return sum(_BETWEEN in entry.name for entry in parcel.entries) / max(1, len(parcel.entries))


def handed(parcel: Parcel) -> Reading:
    """The hand-ins: the files of one name before the dash together, each other file by itself."""
    found: dict[str, list[tuple[str, Entry]]] = defaultdict(list)
    for entry in parcel.entries:
        name, between, rest = entry.name.partition(_BETWEEN)
        found[name if between else entry.place].append((rest or entry.name, entry))
    return Reading([_one(whose, files) for whose, files in found.items()])


def _one(whose: str, files: list[tuple[str, Entry]]) -> Handed:
    label = os.path.basename(whose)
    hints = tuple(os.path.splitext(entry.name)[0] for _, entry in files[:1])
    name = label if any(_BETWEEN in entry.name for _, entry in files) else os.path.splitext(label)[0]
    return Handed(Sender(label, (), (name,), hints, own=label, otherwise=name), tuple(files), label)
