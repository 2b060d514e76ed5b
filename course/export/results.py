"""A verdict as Gradescope's results.json: an entry for the visible tests of each exercise, one for its hidden tests.

Students see of a hidden test what they see on a feedback page: its label, points and hint, and that only as soon as its
visibility lets them. The points of both entries add up to those of the exercise, whatever promises were broken.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from course.grading.verdict.model import CellVerdict, SubmissionVerdict
from course.report.screen import harmless
from course.report.table import title
from course.results import CheckResult

VISIBILITIES = ("after_published", "after_due_date", "visible")  # "hidden" is for tests without points
_LONGEST = 10_000  # characters of one output


def results(verdicts: Sequence[SubmissionVerdict], hidden: str) -> dict[str, Any]:
    """What Gradescope is told of one submission.

    Args:
        hidden: when students may see how hidden tests came out, one of VISIBILITIES.
    """
    cells = [cell for verdict in verdicts for cell in verdict.cells]
    return {
        "execution_time": round(sum(verdict.seconds for verdict in verdicts)),
        "output": _text(_about(verdicts, cells)),
        "stdout_visibility": "hidden",
        "tests": [entry for cell in cells if cell.earned is not None for entry in _entries(cell, hidden)],
    }


def failure(reason: str) -> dict[str, Any]:
    """What Gradescope is told where nothing could be graded."""
    return {"score": 0.0, "output": _text([f"This could not be graded: {reason}"]), "stdout_visibility": "hidden"}


def _about(verdicts: Sequence[SubmissionVerdict], cells: Sequence[CellVerdict]) -> Iterator[str]:
    by_hand = [cell for cell in cells if cell.earned is None]
    if by_hand:
        points = sum(cell.points for cell in by_hand)
        yield f"A person marks {len(by_hand)} written answers, worth {points:g} points: they are not in here."
    for note in (note for verdict in verdicts for note in verdict.repairs):
        yield f"We had to mend the notebook: {note}"


def _entries(cell: CellVerdict, hidden: str) -> Iterator[dict[str, Any]]:
    name, earned = title(cell.grade_id), cell.earned or 0.0
    checks = cell.report.checks if cell.report else ()
    open_, closed = ([check for check in checks if check.hidden is is_hidden] for is_hidden in (False, True))
    possible = sum(check.points for check in checks)
    if not closed or not possible:
        yield _entry(name, earned, cell.points, _lines(cell, checks), "visible")
        return
    share = sum(check.points for check in open_) / possible
    won = sum(max(check.earned, 0.0) for check in open_) / possible
    seen = min(round(cell.points * won, 6), earned)
    if open_:
        yield _entry(name, seen, cell.points * share, _lines(cell, open_), "visible")
    rest = (round(earned - seen, 6), cell.points * (1 - share)) if open_ else (earned, cell.points)
    yield _entry(f"{name} (hidden tests)", *rest, _lines(cell, closed), hidden)


def _entry(name: str, score: float, most: float, lines: Iterator[str], visibility: str) -> dict[str, Any]:
    passed = {"status": "passed" if score >= round(most, 6) else "failed"}
    text = {"output": _text(lines), "output_format": "text", "visibility": visibility}
    return {"name": name, "score": score, "max_score": round(most, 6), **passed, **text}


def _lines(cell: CellVerdict, checks: Sequence[CheckResult]) -> Iterator[str]:
    if cell.ending == "blank":
        yield "not answered"
    elif not checks and cell.ending not in ("passed", "partial"):
        yield cell.ending if cell.report or cell.ending != "could not run" else f"could not run: {cell.message}"
    for check in checks:
        yield from check.lines()


def _text(lines: Iterator[str] | Sequence[str]) -> str:
    return harmless("\n".join(lines))[:_LONGEST]
