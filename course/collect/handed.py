"""What one student handed in once, as a platform's layout says; and its files, unpacked."""

import hashlib
import os
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from course.collect import parcel
from course.collect.parcel import ZIP, Entry, Refusal, Refused
from course.collect.people import Sender
from course.collect.places import Places, digest
from course.grading.submission.choosing import is_kind
from course.grading.submission.walking import MAX_FILES, MAX_FILES_BYTES, MAX_PATH

Clock = Literal["platform", "commit", "table", ""]  # whose the time is; "" where there is none
MAX_NESTED = 2  # zip files in one another, counted from what the student sent
TIMESTAMP = "timestamp.txt"  # nbgrader's: a student's own would be believed
_OURS = ".verdict.json"


@dataclass(frozen=True)
class Handed:
    """One hand-in, still packed.

    Attributes:
        files: each with its place in the student's hand-in.
        source: what the platform calls it, for messages and records.
        time: when, by `clock`; without a zone it is the platform's.
        late: what the platform says itself; None where it says nothing.
        comment: what the student wrote beside it.
    """

    sender: Sender
    files: tuple[tuple[str, Entry], ...]
    source: str
    time: datetime | None = None
    clock: Clock = ""
    late: bool | None = None
    comment: str = ""


@dataclass
class Reading:
    """What a layout finds in a parcel: the hand-ins, and the files that are none of them."""

    handed: list[Handed] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    others: int = 0  # files of other lessons


@dataclass(frozen=True)
class Contents:
    """The files of a hand-in by place, and what was refused."""

    files: dict[str, bytes]
    refused: tuple[Refusal, ...] = ()

    @property
    def digest(self) -> str:
        """The same for the same files, whatever they came in."""
        if self.files:
            return digest({place: hashlib.sha256(data).hexdigest() for place, data in self.files.items()})
        return digest({refusal.place: refusal.reason for refusal in self.refused})


def contents(handed: Handed) -> Contents:
    """The files of a hand-in, out of the zip files among them; never raises for what they are."""
    unpacking = _Unpacking()
    only_one = len(handed.files) == 1
    for place, entry in sorted(handed.files, key=lambda one: (not is_kind(one[1].name), one[0])):
        unpacking.take(place, entry, base="" if only_one else None)
    return Contents(unpacking.files, tuple(unpacking.refused))


class _Unpacking:
    """Files that are being taken, within the limits of one hand-in."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.refused: list[Refusal] = []
        self.places = Places()
        self.room = MAX_FILES_BYTES

    def take(self, place: str, entry: Entry, depth: int = 0, base: str | None = None) -> None:
        """Take a file, or what is in it if it is a zip file: at `base`, or in a folder of its name."""
        data = b""
        try:
            if len(self.files) >= MAX_FILES:
                raise Refused(f"comes after the {MAX_FILES} files that are taken")
            data = entry.read()
            if reason := _refusal(place, data):
                raise Refused(reason)
            if kind := parcel.unread(place, data[:8]):
                raise Refused(f"is {kind}, which is not read: ask for the notebook, or a zip file", may_be_kept=True)
            if data.startswith(ZIP) and is_kind(entry.name):
                self._unpack(place, data, depth, base)
            else:
                self._keep(place, data)
        except Refused as refusal:
            self.refused.append(Refusal(place, str(refusal)))
            if refusal.may_be_kept and len(data) <= self.room:
                self._keep(place, data)

    def _unpack(self, place: str, data: bytes, depth: int, base: str | None) -> None:
        if depth == MAX_NESTED:
            raise Refused("is a zip file in a zip file in a zip file: ask for the notebook")
        inside, refused = parcel.members(data, self.room, MAX_FILES, f"{place}/")
        if not inside and any("password" in one.reason for one in refused):
            raise Refused("is a zip file with a password: ask for the notebook", may_be_kept=True)
        self.refused += refused
        within = os.path.splitext(place)[0] + "/" if base is None else base
        for entry in inside:
            self.take(within + entry.place.removeprefix(f"{place}/"), entry, depth + 1)

    def _keep(self, place: str, data: bytes) -> None:
        wanted = parcel.safe(place)
        if len(data) > self.room:
            raise Refused(f"comes after the {MAX_FILES_BYTES >> 20} MB that are taken of a hand-in")
        if len(wanted.encode()) > MAX_PATH:
            raise Refused("has too long a path")
        if self.files.get(wanted) != data:
            self.room -= len(data)
            self.files[self.places.add(wanted)] = data


def _refusal(place: str, data: bytes) -> str:
    """Why a file is not taken although it can be read; empty where it is."""
    if parcel.is_program(place, data[:64]):
        return "is a program"
    if os.path.basename(place).casefold() == TIMESTAMP:
        return "is called as the file in which the time of handing in is kept"
    return "is called as a file of the grader's own" if place.casefold().endswith(_OURS) else ""
