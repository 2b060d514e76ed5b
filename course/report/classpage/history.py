"""What the last report said, kept beside it, and what has changed since: whose points, and which exercises."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from course.errors import CourseError
from course.report.classpage.handins import HandIn
from course.report.classpage.items import Item

SCHEMA, VERSION = "clozegrad report", 1
NOTICED = 0.005  # of an exercise's share


@dataclass(frozen=True)
class Past:
    """The points of each student and the share of each exercise, as a report had them."""

    made: str
    points: Mapping[str, float]
    shares: Mapping[str, float | None]


@dataclass(frozen=True)
class Moved:
    """One student, or one exercise, of whom a number changed; None where there was, or is, none."""

    name: str
    before: float | None
    after: float | None


@dataclass(frozen=True)
class Change:
    """What is otherwise than in the report before; `since` is when that was made."""

    since: datetime
    students: tuple[Moved, ...]
    exercises: tuple[Moved, ...]


def now(hand_ins: Sequence[HandIn], found: Sequence[Item], made: datetime) -> Past:
    """What is kept of this report."""
    points = {one.student: round(one.points, 6) for one in hand_ins}
    return Past(made.isoformat(timespec="seconds"), points, {item.name: item.share for item in found})


def change(before: Past, after: Past) -> Change:
    """What moved between two reports."""
    students = [
        Moved(name, before.points.get(name), after.points.get(name)) for name in _names(before.points, after.points)
    ]
    shares = [
        Moved(name, before.shares.get(name), after.shares.get(name)) for name in _names(after.shares, before.shares)
    ]
    return Change(
        datetime.fromisoformat(before.made),
        tuple(sorted((moved for moved in students if moved.before != moved.after), key=lambda moved: moved.name)),
        tuple(moved for moved in shares if _is_noticed(moved)),
    )


def text_of(past: Past) -> str:
    """The file's text."""
    data = {"schema": SCHEMA, "version": VERSION, "made": past.made, "points": past.points, "shares": past.shares}
    return json.dumps(data, indent=1) + "\n"


def read(path: Path) -> Past | None:
    """What the file says; None where there is none. CourseError for a damaged one, or one of a later version."""
    if not path.is_file():
        return None
    try:
        data: Any = json.loads(path.read_bytes())
        if (data["schema"], data["version"]) != (SCHEMA, VERSION):
            raise ValueError(f"it is not a {SCHEMA} of version {VERSION}")
        past = Past(str(data["made"]), _numbers(data["points"]), _numbers(data["shares"]))
        datetime.fromisoformat(past.made)
        return past
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CourseError(f"{path} is damaged ({error}): delete it, and the next report starts anew") from error


def _numbers(data: Any) -> dict[str, Any]:
    return {str(name): None if value is None else float(value) for name, value in data.items()}


def _names(first: Mapping[str, object], second: Mapping[str, object]) -> list[str]:
    return list(dict.fromkeys((*first, *second)))


def _is_noticed(moved: Moved) -> bool:
    if moved.before is None or moved.after is None:
        return moved.before is not moved.after
    return abs(moved.before - moved.after) >= NOTICED
