"""What collecting found, as a person and other commands read it: `collected/LESSON/collected.json`."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from course.collect.dues import Status
from course.collect.handed import Clock
from course.collect.keeping import write
from course.collect.parcel import Refusal
from course.errors import CourseError
from course.folder import CourseFolder
from course.handin.receipt import State

SCHEMA = {"schema": "clozegrad collected", "version": 1}
NAME = "collected.json"


@dataclass(frozen=True)
class Line:
    """How one student stands: the attempt that counts, or that there is none.

    Attributes:
        time: when it was handed in, by `clock`; `late_s` is against `due`, None where it is not known.
        days_used: late days that it takes.
        by_platform: whether only the platform says that it is late or not.
        attempts: how many there are; `chosen` is the folder of the one that counts.
        problem: why it cannot be graded.
        extension_s: what the gradebook is told: the student's own extension with the late days used.
    """

    student: str
    name: str = ""
    status: Status = "missing"
    time: datetime | None = None
    clock: Clock = ""
    late_s: float | None = None
    due: datetime | None = None
    days_used: int = 0
    by_platform: bool = False
    attempts: int = 0
    chosen: str = ""
    receipt: State = "none"
    problem: str = ""
    notes: tuple[str, ...] = ()
    extension_s: float = 0.0


@dataclass(frozen=True)
class Stray:
    """Something handed in that is nobody's, or nobody knows whose: where it lies, who sent it, and why."""

    place: str
    sender: str
    reason: str


@dataclass(frozen=True)
class Collected:
    """What one `course collect` found of a lesson, and what is to be remembered of how it was asked.

    Attributes:
        opened: a sentence for each folder or file that was named.
        strays: hand-ins that are not in `submitted/`.
        refused: files that were not read, in these parcels.
        failed: what could not be done: parcels that cannot be read, a gradebook that cannot be written.
    """

    lesson: str
    policy: str = "latest"
    late_days: int = 0
    deadline: datetime | None = None
    lines: tuple[Line, ...] = ()
    strays: tuple[Stray, ...] = ()
    refused: tuple[Refusal, ...] = ()
    failed: tuple[Refusal, ...] = ()
    opened: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    new: int = field(default=0, compare=False)  # attempts that were not there before
    placed: int = field(default=0, compare=False)  # hand-ins that were laid out

    @property
    def is_whole(self) -> bool:
        """Whether everything that was handed over has found its place."""
        return not self.strays and not self.failed


def as_json(outcome: Collected) -> str:
    """What was found, without what is only true of this once."""
    data: dict[str, Any] = {**SCHEMA, **asdict(outcome)}
    del data["new"], data["placed"]
    return json.dumps(data, indent=1, default=lambda value: value.isoformat()) + "\n"


def save(folder: CourseFolder, outcome: Collected) -> None:
    """Remember what was found of a lesson."""
    write(folder.collected / outcome.lesson / NAME, as_json(outcome))


def last(folder: CourseFolder, lesson: str) -> Collected:
    """What was found of a lesson the last time; CourseError where that cannot be read."""
    path = folder.collected / lesson / NAME
    if not path.is_file():
        return Collected(lesson)
    try:
        data = json.loads(path.read_text("utf-8"))
        lines = tuple(map(_line, data["lines"]))
        return Collected(lesson, str(data["policy"]), int(data["late_days"]), _time(data["deadline"]), lines)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CourseError(
            f"{path} cannot be read ({type(error).__name__}: {error}): delete it, and collect again"
        ) from None


def days_spent(folder: CourseFolder, lesson: str) -> Mapping[str, int]:
    """How many late days each student has used on other lessons."""
    spent: dict[str, int] = {}
    for path in sorted(folder.collected.glob(f"*/{NAME}")):
        if path.parent.name != lesson:
            for line in last(folder, path.parent.name).lines:
                spent[line.student] = spent.get(line.student, 0) + line.days_used
    return spent


def _line(data: dict[str, Any]) -> Line:
    return Line(
        **{**data, "time": _time(data["time"]), "due": _time(data["due"]), "notes": tuple(data["notes"])},
    )


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
