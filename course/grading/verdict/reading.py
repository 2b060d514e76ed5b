"""What an executed notebook says: the verdict on each graded cell, read from the outputs that nbgrader also reads."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from nbconvert.filters import strip_ansi
from nbformat import NotebookNode
from nbgrader.utils import determine_grade, is_grade, is_solution, is_task

from course.grading.cells import is_as_released, is_test
from course.grading.verdict.model import (
    ENDINGS,
    BrokenAnswer,
    CellVerdict,
    Ending,
    Raised,
    ending_for,
    written_verdict,
)
from course.results import MIMETYPE, CellReport, CheckResult

_ARROW = re.compile(r"^-+> ?\d+ (?P<code>.*)$", re.MULTILINE)


def verdicts_in(notebook: NotebookNode) -> tuple[CellVerdict, ...]:
    """One verdict for each graded cell of an autograded notebook, in its order."""
    found: list[CellVerdict] = []
    blanks: list[bool] = []  # of the answers since the last test cell
    for cell in notebook.cells:
        if is_test(cell):
            found.append(_test_verdict(cell, blank=bool(blanks) and all(blanks)))
            blanks = []
        elif is_grade(cell) or is_task(cell):
            found.append(written_verdict(cell))
        elif is_solution(cell):
            blanks.append(is_as_released(cell))
    return tuple(found)


def broken_answers(notebook: NotebookNode) -> tuple[BrokenAnswer, ...]:
    """The answers in an executed notebook that could not be run to their end."""
    answers = [cell for cell in notebook.cells if cell.cell_type == "code" and is_solution(cell)]
    errors = [(cell.metadata["nbgrader"]["grade_id"], error_in(cell.get("outputs", []))) for cell in answers]
    return tuple(BrokenAnswer(name, str(error.ename), str(error.evalue)) for name, error in errors if error is not None)


def report_in(cell: NotebookNode) -> CellReport | None:
    """The record that the cell's checks left in its outputs; None when there is none that can be read."""
    for output in reversed(cell.get("outputs", [])):
        data = output.get("data", {}).get(MIMETYPE)
        if data is not None:
            return report_from(data)
    return None


def report_from(data: Any) -> CellReport | None:
    """A report from its JSON; None when it is not one (in one kernel, student's code can write there what it likes)."""
    try:
        checks = tuple(map(check_from, data["checks"]))
        return CellReport(str(data["exercise"]), float(data["points"]), checks)
    except (KeyError, TypeError, ValueError):
        return None


def error_in(outputs: Iterable[NotebookNode]) -> NotebookNode | None:
    """The error to show for a cell: one of ours, which says how the cell ended, before one that Python raised."""
    errors = [output for output in outputs if output.output_type == "error"]
    ours = [error for error in errors if error.ename in ENDINGS]
    return next(iter([*ours, *errors]), None)


def check_from(entry: Mapping[str, Any]) -> CheckResult:
    """A check from its JSON; KeyError, TypeError or ValueError when it is not one."""
    return CheckResult(
        label=str(entry["label"]),
        points=float(entry["points"]),
        earned=float(entry["earned"]),
        hidden=bool(entry["hidden"]),
        hint=str(entry.get("hint") or ""),
        message=str(entry.get("message") or ""),
        printed=str(entry.get("printed") or ""),
        told=str(entry.get("told") or ""),
    )


def _test_verdict(cell: NotebookNode, blank: bool) -> CellVerdict:
    meta = cell.metadata["nbgrader"]
    earned, points = determine_grade(cell)
    error = error_in(cell.outputs)
    return CellVerdict(
        grade_id=meta["grade_id"],
        points=points,
        earned=earned,
        ending=_ending(earned, points, error, blank),
        report=report_in(cell),
        message=_message(error),
        outputs=tuple(cell.outputs),
        seconds=_seconds(cell),
        raised=_raised(error),
    )


def _ending(earned: float, points: float, error: NotebookNode | None, blank: bool) -> Ending:
    if error is not None and error.ename in ENDINGS:
        ending: Ending = error.ename
        return ending
    return "blank" if blank and earned == 0 < points else ending_for(earned, points)


def _message(error: NotebookNode | None) -> str:
    if error is None:
        return ""
    return str(error.evalue if error.ename in ENDINGS else f"{error.ename}: {error.evalue}".removesuffix(": "))


def _raised(error: NotebookNode | None) -> Raised | None:
    if error is None or error.ename in ENDINGS:
        return None
    pointed = _ARROW.search(strip_ansi("\n".join(error.get("traceback", []))))
    return Raised(str(error.ename), strip_ansi(str(error.evalue)), pointed["code"].strip() if pointed else "")


def _seconds(cell: NotebookNode) -> float:
    """How long the cell ran, by the kernel's own clock."""
    times = cell.metadata.get("execution", {})
    try:
        begin, end = (datetime.fromisoformat(times[key]) for key in ("iopub.execute_input", "shell.execute_reply"))
    except (KeyError, ValueError):
        return 0.0
    return max(0.0, (end - begin).total_seconds())
