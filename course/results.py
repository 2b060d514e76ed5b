"""How checks ended, as data for the grader and as lines for the student."""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass, replace
from typing import Any

MIMETYPE = "application/vnd.clozegrad.checks+json"
# nbgrader's Validate cuts lines at 87 characters, four of them its own indent.
WIDTH = 80


@dataclass(frozen=True)
class CheckResult:
    """How one check ended; `message` and `printed` of a hidden check are for the instructor's eyes only.

    A promise has no points of its own; broken, it has earned less than nothing, in points of the cell.
    """

    label: str
    points: float
    earned: float
    hidden: bool = False
    hint: str = ""
    message: str = ""
    printed: str = ""
    told: str = ""  # of a hidden check: the kind of fault and the student's own line, which they may read

    @property
    def passed(self) -> bool:
        return not self.message

    def lines(self) -> list[str]:
        """What the student reads: of a hidden check label, points and hint, and nothing that its inputs left."""
        mark = "✓" if self.passed else "✗"
        lines = [f"{mark} {self.label}{points_text(self.points, self.earned)}"]
        if not self.hidden:
            lines = [*self.printed.rstrip("\n").splitlines(), *lines]
        lines += textwrap.indent(self.told if self.hidden else self.message, "    ").splitlines()
        if self.hint and not self.passed:
            lines.append(f"    hint: {self.hint}")
        return lines


def points_text(points: float, earned: float) -> str:
    """What a check earned, as it stands behind its label; of a promise what it cost."""
    if points:
        return f" ({earned:g}/{points:g})"
    return f" (−{-earned:g} point{'s' if earned != -1 else ''})" if earned < 0 else ""


@dataclass(frozen=True)
class CellReport:
    """How the checks of one test cell ended; `points` are the cell's points."""

    exercise: str
    points: float
    checks: tuple[CheckResult, ...] = ()

    @property
    def earned(self) -> float:
        """The cell's points times the share of the check points earned, less broken promises; 0 when no check ran."""
        if self.checks and all(check.passed for check in self.checks):
            return float(self.points)
        possible = math.fsum(check.points for check in self.checks)
        if not possible:
            return 0.0
        share = math.fsum(max(check.earned, 0.0) for check in self.checks) / possible
        lost = math.fsum(min(check.earned, 0.0) for check in self.checks)
        return max(0.0, min(round(self.points * share + lost, 6), float(self.points)))

    @property
    def failures(self) -> tuple[CheckResult, ...]:
        return tuple(check for check in self.checks if not check.passed)

    def data(self) -> dict[str, Any]:
        """The report as JSON can hold it."""
        return {"exercise": self.exercise, "points": self.points, "checks": [{**vars(check)} for check in self.checks]}

    def summary(self) -> str:
        """The failed checks in lines that fit nbgrader's Validate."""
        count = f"{len(self.failures)} of {len(self.checks)} checks failed"
        lines = [f"{self.exercise}: {count}, {self.earned:g} of {self.points:g} points"]
        for failure in self.failures:
            label, *rest = replace(failure, printed="").lines()
            lines += textwrap.wrap(label, WIDTH, subsequent_indent="  ")
            for line in rest:
                lines += textwrap.wrap(line, WIDTH, subsequent_indent="      ")
        return "\n".join(lines)


def report_of(data: dict[str, Any]) -> CellReport:
    """The report that `CellReport.data` has made data of."""
    checks = tuple(CheckResult(**check) for check in data["checks"])
    return CellReport(data["exercise"], data["points"], checks)
