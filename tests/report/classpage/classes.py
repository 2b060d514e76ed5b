"""Made-up classes, as small or as large as a test needs."""

from collections.abc import Callable
from dataclasses import replace

from course.grading.verdict.model import CellVerdict, Ending, ending_for
from course.report.classpage.handins import Answered, HandIn
from course.results import CellReport, CheckResult

POINTS = 2.0


def check(label: str, *, message: str = "", points: float = 1.0, hidden: bool = False) -> CheckResult:
    return CheckResult(label, points, 0.0 if message else points, hidden, message=message)


def answered(name: str, *checks: CheckResult, answer: str = "x = 1", ending: Ending | None = None) -> Answered:
    """One exercise worth two points, as its checks came out."""
    report = CellReport(name, POINTS, checks) if checks else None
    earned = report.earned if report else 0.0
    cell = CellVerdict(f"{name}_tests", POINTS, earned, ending or ending_for(earned, POINTS), report)
    return Answered("lesson", cell, answer, (name,))


def right(name: str = "norm") -> Answered:
    return answered(name, check("small"), check("large", hidden=True))


def wrong(name: str = "norm", message: str = "expected 4, got 3", answer: str = "x = 1") -> Answered:
    return answered(name, check("small"), check("large", message=message, hidden=True), answer=answer)


def ended(ending: Ending, name: str = "norm", message: str = "") -> Answered:
    one = answered(name, ending=ending)
    earned = None if ending == "manual" else 0.0
    return replace(one, cell=replace(one.cell, message=message, earned=earned))


def hand_in(student: str, *exercises: Answered, repairs: tuple[str, ...] = (), jail: str = "namespaces") -> HandIn:
    named = {one.cell.grade_id.removesuffix("_tests"): one for one in exercises}
    return HandIn(student, named, repairs, (), jail, 1.5)


def class_of(count: int, make: Callable[[int], tuple[Answered, ...]]) -> list[HandIn]:
    return [hand_in(f"student_{number:04}", *make(number)) for number in range(count)]
