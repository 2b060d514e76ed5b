"""Who needs a look: hand-ins of which the points alone do not tell what happened."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from course.report.classpage.handins import HandIn
from course.report.screen import harmless

JAILED = ("namespaces", "landlock")
_LOST = ("crashed", "exited", "out of memory")
_STOPPED = frozenset({*_LOST, "timeout", "TimeLimit"})  # how an answer may not come to its end


@dataclass(frozen=True)
class Concern:
    """Why one student's hand-in needs a look, the gravest reason first; `rank` is that reason's place."""

    student: str
    rank: int
    reasons: tuple[str, ...]


def concerns(hand_ins: Sequence[HandIn]) -> list[Concern]:
    """Everybody who needs a look, the gravest first."""
    found = [(one.student, list(_reasons(one))) for one in hand_ins]
    listed = [
        Concern(student, reasons[0][0], tuple(text for _, text in reasons)) for student, reasons in found if reasons
    ]
    return sorted(listed, key=lambda concern: (concern.rank, -len(concern.reasons), concern.student))


def _reasons(one: HandIn) -> Iterator[tuple[int, str]]:
    """Each reason with its rank, in the order of the ranks."""
    by_ending: dict[str, list[str]] = {}
    for name, answered in one.exercises.items():
        by_ending.setdefault(answered.cell.ending, []).append(name)
    if unread := by_ending.get("could not run"):
        message = one.exercises[unread[0]].cell.message
        yield 0, f"could not be graded: {_line(message)}"
    elif one.points == 0 and any(_is_work(answered.cell.ending) for answered in one.exercises.values()):
        yield 1, "no points, and yet there is work in it"
    for ending in _LOST:
        if names := by_ending.get(ending):
            yield 2, f"{ending}: {', '.join(names)}"
    if names := by_ending.get("timeout"):
        yield 3, f"timeout: {', '.join(names)}"
    if names := [name for name, answered in one.exercises.items() if answered.broken.partition(":")[0] in _STOPPED]:
        yield 3, f"an answer did not come to its end: {', '.join(names)}"
    if one.repairs and one.is_read:
        count = f"{len(one.repairs)} repairs, first: " if len(one.repairs) > 1 else "repaired: "
        yield 4, count + _line(one.repairs[0])


def _is_work(ending: str) -> bool:
    return ending not in ("blank", "could not run", "manual")


def _line(text: str) -> str:
    return harmless(text).strip().split("\n")[0]
