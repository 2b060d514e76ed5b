"""By when each student has to hand in, and how a hand-in stands to that."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

DAY_S = 86_400
Status = Literal["on time", "extended", "late days", "late", "time unknown", "handed in", "missing"]


@dataclass(frozen=True)
class Dues:
    """What is due when, by student.

    Attributes:
        deadline: for the class; None where there is none.
        extended: the deadlines of those who have an own one.
        late_days: whole days that each may be late, over all lessons; `late_days_each` for those not in it.
        spent: how many of them went on other lessons.
    """

    deadline: datetime | None = None
    extended: Mapping[str, datetime] = field(default_factory=dict)
    late_days: Mapping[str, int] = field(default_factory=dict)
    late_days_each: int = 0
    spent: Mapping[str, int] = field(default_factory=dict)

    def due(self, student: str) -> datetime | None:
        """By when a student has to hand in without being late."""
        return self.extended.get(student, self.deadline)

    def extension(self, student: str) -> timedelta:
        """How much later than the class a student has to hand in."""
        own = self.extended.get(student)
        return own - self.deadline if own is not None and self.deadline is not None else timedelta()

    def left(self, student: str) -> int:
        """How many late days a student has for this lesson."""
        return max(0, self.late_days.get(student, self.late_days_each) - self.spent.get(student, 0))


@dataclass(frozen=True)
class Standing:
    """How a hand-in stands to what was due; `late_s` is None where that is not known."""

    status: Status
    late_s: float | None = None
    days_used: int = 0
    by_platform: bool = False  # only the platform's word for it


def standing(student: str, time: datetime | None, late: bool | None, dues: Dues) -> Standing:
    """How a hand-in of this time stands; where the time is not known, what the platform itself says of it."""
    due = dues.due(student)
    if time is None or due is None:
        if late is not None:
            return Standing("late" if late else "on time", None if late else 0.0, by_platform=True)
        return Standing("handed in" if due is None else "time unknown")
    late_s = (time - due).total_seconds()
    if late_s <= 0:
        is_extended = dues.deadline is not None and time > dues.deadline
        return Standing("extended" if is_extended else "on time", 0.0)
    days = math.ceil(late_s / DAY_S)
    if days <= dues.left(student):
        return Standing("late days", late_s, days)
    return Standing("late", late_s)
