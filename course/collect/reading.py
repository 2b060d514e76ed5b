"""Which platform a parcel comes from, and the hand-ins in it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from course.collect import parcel as parcels
from course.collect.handed import Handed, Reading
from course.collect.layouts import blackboard, canvas, drive, exchange, folders, moodle
from course.collect.layouts.github import DueOf, clones
from course.collect.layouts.github import handed as committed
from course.collect.parcel import Parcel, Refusal, Refused
from course.collect.people import People
from course.errors import CourseError

Platform = Literal["moodle", "canvas", "blackboard", "classroom", "github", "nbgrader", "folders"]
PLATFORMS: tuple[Platform, ...] = get_args(Platform)
AUTO = "auto"
NAMES: dict[Platform, str] = {"moodle": "Moodle", "canvas": "Canvas", "blackboard": "Blackboard"}
NAMES |= {"classroom": "Google Classroom", "github": "GitHub Classroom", "nbgrader": "nbgrader"}
NAMES |= {"folders": "folders and files named by students"}
_ENOUGH = 0.5  # of the files, for a parcel to be a platform's


@dataclass(frozen=True)
class Opened:
    """A parcel that was read: how, the hand-ins in it, and what is none."""

    path: Path
    platform: Platform
    handed: tuple[Handed, ...]
    left: tuple[str, ...]
    others: int
    refused: tuple[Refusal, ...]

    @property
    def name(self) -> str:
        return self.path.name or str(self.path)


def platform_of(name: str) -> Platform | None:
    """A platform by its name, None for `auto`; CourseError, which names them all, for another."""
    for known in PLATFORMS:
        if name == known:
            return known
    if name == AUTO:
        return None
    raise CourseError(f"there is no platform {name!r}: use {AUTO} or one of {', '.join(PLATFORMS)}")


def read(path: Path, wanted: Platform | None, lesson: str, people: People | None, due_of: DueOf) -> Opened:
    """The hand-ins of a lesson in a folder or file; Refused where that cannot be read, or is of another platform.

    Args:
        wanted: the platform; None to see by the names of the files.
        due_of: by when a sender has to hand in, for those whose history is at hand.
    """
    if path.is_dir() and wanted in (None, "github") and clones(path):
        reading = committed(path, due_of)
        return _opened(path, "github", reading, ())
    found = parcels.opened(path)
    platform = wanted or recognised(found, lesson)
    readers: dict[Platform, Callable[[], Reading]] = {
        "moodle": lambda: moodle.handed(found),
        "canvas": lambda: canvas.handed(found),
        "blackboard": lambda: blackboard.handed(found),
        "classroom": lambda: drive.handed(found),
        "nbgrader": lambda: exchange.handed(found, lesson),
        "folders": lambda: folders.handed(found, people),
    }
    if platform == "github":
        raise Refused("holds no clone of a repository: name the folder in which the clones lie")
    return _opened(path, platform, readers[platform](), tuple(found.refused))


def recognised(parcel: Parcel, lesson: str) -> Platform:
    """The platform after whose manner most of the files are named; the most particular one where several fit alike.

    What a student calls many files is told from that: the true platform's manner is that of all of them.
    """
    shares: dict[Platform, float] = {
        "moodle": moodle.share(parcel),
        "blackboard": blackboard.share(parcel),
        "nbgrader": exchange.share(parcel, lesson),
        "canvas": canvas.share(parcel),
        "classroom": drive.share(parcel),
    }
    best = max(shares, key=lambda platform: shares[platform])
    return best if shares[best] >= _ENOUGH else "folders"


def _opened(path: Path, platform: Platform, reading: Reading, refused: tuple[Refusal, ...]) -> Opened:
    return Opened(path, platform, tuple(reading.handed), tuple(reading.left), reading.others, refused)
