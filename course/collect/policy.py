"""Which of a student's attempts counts."""

from collections.abc import Callable, Sequence
from typing import Literal, get_args

from course.collect.dues import Dues, Standing, standing
from course.collect.keeping import Attempt
from course.errors import CourseError

Policy = Literal["latest", "last-on-time", "best", "first"]
POLICIES: tuple[Policy, ...] = get_args(Policy)
_GROUPS = (("on time", "extended", "handed in"), ("late days",), ("time unknown",), ("late",))


def policy_of(name: str) -> Policy:
    """A policy by its name; CourseError, which names them all, for another."""
    for known in POLICIES:
        if name == known:
            return known
    raise CourseError(f"there is no policy {name!r}: use one of {', '.join(POLICIES)}")


def in_order(attempts: Sequence[Attempt]) -> list[Attempt]:
    """Attempts from the first to the last: by their times, or as they were collected where one's time is not known."""
    if all(attempt.about.time for attempt in attempts):
        return sorted(attempts, key=lambda attempt: (attempt.about.time, attempt.about.number))
    return sorted(attempts, key=lambda attempt: attempt.about.number)


def choose(attempts: Sequence[Attempt], policy: Policy, dues: Dues, points_of: Callable[[Attempt], float]) -> Attempt:
    """The attempt that counts: one that can be graded, if any can.

    `latest` and `first` look at the order alone; `last-on-time` takes the last one on time, else the last that late
    days cover, else the last; `best` takes the one with most points of those that are not late, or of all if all are.

    Args:
        points_of: asked only under `best`, and only if there is a choice.
    """
    usable = [attempt for attempt in in_order(attempts) if not attempt.about.problem] or in_order(attempts)
    if policy == "first":
        return usable[0]
    groups = [_group(attempt, dues) for attempt in usable]
    if policy == "last-on-time":
        return [attempt for attempt, group in zip(usable, groups, strict=True) if group == min(groups)][-1]
    if policy == "best" and len(usable) > 1:
        late = len(_GROUPS) - 1
        pool = [
            one for one in zip(usable, groups, range(len(usable)), strict=True) if one[1] < late or min(groups) == late
        ]
        return max(pool, key=lambda one: (points_of(one[0]), -one[1], one[2]))[0] if len(pool) > 1 else pool[0][0]
    return usable[-1]


def standing_of(attempt: Attempt, dues: Dues) -> Standing:
    """How an attempt stands to what was due."""
    return standing(attempt.student, attempt.about.time, attempt.about.late, dues)


def _group(attempt: Attempt, dues: Dues) -> int:
    status = standing_of(attempt, dues).status
    return next(number for number, group in enumerate(_GROUPS) if status in group)
