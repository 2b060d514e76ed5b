"""What grading a submission found: a verdict per graded cell, and outputs in which nbgrader reads the same score."""

from __future__ import annotations

import math
import numbers
import sys
from dataclasses import asdict, dataclass
from typing import Any, Literal, cast, get_args

from nbformat import NotebookNode
from nbformat.v4 import new_output

from course.results import MIMETYPE, CellReport

Ending = Literal[
    "passed", "partial", "failed", "blank", "timeout", "out of memory", "crashed", "exited", "could not run", "manual"
]
ENDINGS: tuple[Ending, ...] = get_args(Ending)


@dataclass(frozen=True)
class CellVerdict:
    """The result of one graded cell; `earned` is held between 0 and `points`, and None means a person must grade it."""

    grade_id: str
    points: float
    earned: float | None
    ending: Ending
    report: CellReport | None = None
    message: str = ""
    outputs: tuple[NotebookNode, ...] = ()
    seconds: float = 0.0

    def __post_init__(self) -> None:
        if self.earned is not None:
            object.__setattr__(self, "earned", _held(float(self.earned), self.points))


@dataclass(frozen=True)
class SubmissionVerdict:
    """The result of one submitted notebook, with the notebook as it was run."""

    student: str
    lesson: str
    cells: tuple[CellVerdict, ...]
    repairs: tuple[str, ...]
    jail: str
    seconds: float
    notebook: NotebookNode
    notebook_name: str = ""

    @property
    def name(self) -> str:
        """The notebook's name: a lesson has one notebook of its own name, a foreign assignment may have several."""
        return self.notebook_name or self.lesson

    @property
    def points(self) -> float:
        """The points earned so far, those waiting for a person counted as none."""
        return math.fsum(cell.earned or 0.0 for cell in self.cells)

    @property
    def max_points(self) -> float:
        """The points that could be earned."""
        return math.fsum(cell.points for cell in self.cells)


def ending_for(earned: float, points: float) -> Ending:
    """How a cell that ran to its end came out: a cell worth nothing passes."""
    if earned >= points:
        return "passed"
    return "partial" if earned > 0 else "failed"


def points_of(value: object, points: float) -> float:
    """The points that a test cell's last value stands for, in a cell worth `points`.

    nbgrader reads them from the value's text. A number is points, no value (None) is full marks, and so is anything
    that is no number: a string, a bool, a list, a student's object. Three of its readings are traps, and differ here:
    a number of another type (`np.float64(1.5)`, a tensor without axes) is that number and not full marks, a negative
    number or nan is 0 and not full marks, and a number above the maximum is the maximum and does not abort the run.
    """
    number = _number(value)
    return points if number is None else _held(number, points)


def outputs_of(verdict: CellVerdict) -> list[NotebookNode]:
    """The outputs of a test cell from which nbgrader's `determine_grade` reads `verdict.earned`.

    What the cell printed comes first, with stderr as stdout (nbgrader scores any stderr 0); then the record of its
    checks; then an error where nothing was earned, or else the points, which nbgrader takes as full where none stand.
    """
    outputs = [_shown(output) for output in verdict.outputs if output.output_type in ("stream", "display_data")]
    if verdict.report is not None:
        outputs.append(new_output("display_data", data=record_of(verdict.report)))
    if verdict.earned is None:
        return outputs
    if verdict.earned == 0 and verdict.report is None and verdict.points > 0:
        return [*outputs, _error(verdict)]
    if verdict.message:
        outputs.append(new_output("stream", name="stdout", text=verdict.message + "\n"))
    if verdict.report is not None or verdict.earned < verdict.points:
        outputs.append(new_output("execute_result", data={"text/plain": repr(verdict.earned)}, execution_count=None))
    return outputs


def record_of(report: CellReport) -> dict[str, Any]:
    """A report as the data of an output: its JSON for us, and what formgrader shows of the hidden checks as text."""
    lines: list[str] = []
    for check in report.checks:
        told = [*check.message.splitlines(), *check.printed.rstrip("\n").splitlines()]
        if check.hidden and told:
            lines += [f"{'✓' if check.passed else '✗'} {check.label}", *(f"    {line}" for line in told)]
    text = {"text/plain": "\n".join(["for the instructor only:", *lines])} if lines else {}
    return {MIMETYPE: asdict(report), **text}


def written_verdict(cell: NotebookNode) -> CellVerdict:
    """The verdict on a cell that a person grades: an answer left untouched earns 0, as in nbgrader."""
    from nbgrader.utils import compute_checksum, is_task  # seconds to import, so not where tests run

    meta = cell.metadata["nbgrader"]
    untouched = not is_task(cell) and meta.get("checksum") == compute_checksum(cell)
    earned, ending = (0.0, "blank") if untouched else (None, "manual")
    return CellVerdict(meta["grade_id"], float(meta["points"]), earned, cast(Ending, ending))


def _held(number: float, points: float) -> float:
    return 0.0 if math.isnan(number) else min(max(number, 0.0), float(points))


def _number(value: object) -> float | None:
    kind = type(value)
    if issubclass(kind, bool) or kind.__name__ in ("bool", "bool_"):
        return None
    if issubclass(kind, numbers.Real):
        return float(value)  # type: ignore[arg-type]
    return _array_number(value)


def _array_number(value: Any) -> float | None:
    """The number in a tensor or array without axes; by exact type, since asking a student's object runs its code."""
    owners = {"torch": "Tensor", "numpy": "ndarray"}
    known = [getattr(sys.modules[module], name) for module, name in owners.items() if module in sys.modules]
    if type(value) not in known or value.ndim != 0:
        return None
    return _number(value.item())


def _shown(output: NotebookNode) -> NotebookNode:
    if output.output_type == "stream":
        return new_output("stream", name="stdout", text=output.text)
    return output


def _error(verdict: CellVerdict) -> NotebookNode:
    message = verdict.message or verdict.ending
    return new_output("error", ename=verdict.ending, evalue=message, traceback=message.splitlines())
