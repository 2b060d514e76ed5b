"""Any other platform, and what people pack by hand: a folder, or a file, for each student.

A folder counts if a student's id, address or whole name stands in its own name, as in ILIAS's
`Lovelace_Ada_alovelace_12345/`; of folders in one another the first that does. Loose files are looked at in the same
way.
"""

import functools
import os
from collections import defaultdict

from course.collect.handed import Handed, Reading
from course.collect.parcel import Entry, Parcel, levels_around
from course.collect.people import People, Sender


def handed(parcel: Parcel, people: People | None) -> Reading:
    """The hand-ins: by the first folder that somebody of the class is named by, else by the file's own name."""
    files: dict[str, list[tuple[str, Entry]]] = defaultdict(list)
    depth = levels_around(parcel)

    @functools.cache
    def is_somebodys(folder: str) -> bool:
        return people is not None and people.find(_sender(folder)).student is not None

    for entry in parcel.entries:
        parts = entry.place.split("/")
        named = (at for at, part in enumerate(parts[:-1]) if is_somebodys(part))
        at = next(named, min(depth, len(parts) - 1))
        files["/".join(parts[: at + 1])].append(("/".join(parts[at + 1 :]) or parts[-1], entry))
    return Reading([_one(folder, taken) for folder, taken in files.items()])


def _one(folder: str, files: list[tuple[str, Entry]]) -> Handed:
    is_file = len(files) == 1 and files[0][1].place == folder
    name = os.path.basename(folder)
    sender = _sender(os.path.splitext(name)[0] if is_file else name)
    return Handed(sender, tuple(files), folder)


def _sender(name: str) -> Sender:
    return Sender(name, hints=(name,), own=name, otherwise=name)
