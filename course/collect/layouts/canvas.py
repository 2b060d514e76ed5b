"""Canvas's submissions.zip: every file of each student's last attempt, side by side.

`lovelaceada_LATE_12345_67890_ps1.ipynb` is the sortable name in small letters without other signs, `LATE` if it is, the
user's and the file's number, and the name of the file; `_text.html` and `_link.html` stand for the other kinds of
submission, `anon_x9Kq2` for the user where grading is anonymous. No time is told.
"""

import re
from collections import defaultdict

from course.collect.handed import Handed, Reading
from course.collect.parcel import Entry, Parcel
from course.collect.people import Sender
from course.collect.roster import CANVAS

_NAMED = re.compile(
    r"(?:(?P<name>(?!LATE_).+?)_)?(?:(?P<late>LATE)_)?(?:(?P<user>\d+)|anon_(?P<anon>[A-Za-z0-9]+))"
    r"_(?:\d+_(?P<file>.+)|(?P<kind>(?:text|link)\.html))"
)


def share(parcel: Parcel) -> float:
    """Which part of the files is named as Canvas names them."""
    return sum(_match(entry) is not None for entry in parcel.entries) / max(1, len(parcel.entries))


def handed(parcel: Parcel) -> Reading:
    """The hand-ins, one a user."""
    reading = Reading()
    found: dict[str, list[tuple[re.Match[str], Entry]]] = defaultdict(list)
    for entry in parcel.entries:
        if (match := _match(entry)) is None:
            reading.left.append(entry.place)
        else:
            found[match["user"] or f"anon_{match['anon']}"].append((match, entry))
    for user, files in found.items():
        name = next((match["name"] for match, _ in files if match["name"]), "")
        ids = ((CANVAS, user),) if user.isdigit() else ()
        label = "_".join(filter(None, (name, user)))
        sender = Sender(label, ids, (name,) if name else (), own=user, otherwise=name or user)
        late = any(match["late"] for match, _ in files)
        taken = tuple((match["file"] or match["kind"], entry) for match, entry in files)
        reading.handed.append(Handed(sender, taken, label, late=late))
    return reading


def _match(entry: Entry) -> re.Match[str] | None:
    return _NAMED.fullmatch(entry.name)
