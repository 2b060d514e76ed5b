"""What grading a submission found: a verdict per graded cell, and outputs in which nbgrader reads the same score."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast, get_args

from nbformat import NotebookNode, from_dict

from course.grading.verdict.points import held
from course.results import MIMETYPE, CellReport

Ending = Literal[
    "passed", "partial", "failed", "blank", "timeout", "out of memory", "crashed", "exited", "could not run", "manual"
]
ENDINGS: tuple[Ending, ...] = get_args(Ending)


@dataclass(frozen=True)
class Raised:
    """The exception that ended a test in a kernel, and the line of the test that its traceback points at."""

    error: str
    message: str
    line: str = ""


@dataclass(frozen=True)
class BrokenAnswer:
    """An answer that could not be run to its end: its grade_id, and the exception or the word for how it ended."""

    grade_id: str
    error: str
    message: str


@dataclass(frozen=True)
class CellVerdict:
    """The result of one graded cell; `earned` is held between 0 and `points`, and None means a person must grade it.

    `raised` is known where test and answer ran in one kernel.
    """

    grade_id: str
    points: float
    earned: float | None
    ending: Ending
    report: CellReport | None = None
    message: str = ""
    outputs: tuple[NotebookNode, ...] = ()
    seconds: float = 0.0
    raised: Raised | None = None

    @property
    def printed(self) -> str:
        """What the cell printed."""
        return "".join(output.text for output in self.outputs if output.output_type == "stream")

    def __post_init__(self) -> None:
        if self.earned is not None:
            object.__setattr__(self, "earned", held(float(self.earned), self.points))


@dataclass(frozen=True)
class Grounds:
    """What a result rests on, each as a hash: with the same grounds, grading again would find the same.

    Attributes:
        hand_in: all files that grading reads of it.
        source: what it is graded against: notebook, release and the files beside them.
        tests: each graded cell of the source, by grade_id.
        engine: the grader's own code, Python and what is installed.
        settings: the jail, the limits, and whatever else may change points.
    """

    hand_in: str
    source: str
    engine: str
    settings: str
    tests: Mapping[str, str] = field(default_factory=dict)


Cause = Literal[
    "hand-in", "test", "new", "gone", "source", "engine", "settings", "disturbed", "gradebook", "unknown", "nothing"
]
CAUSES: tuple[Cause, ...] = get_args(Cause)


@dataclass(frozen=True)
class Move:
    """One exercise's points before and after a hand-in was graded again, None where a person grades, and why.

    Where a person had entered a score, it is `by_hand`, and goes on counting.
    """

    grade_id: str
    before: float | None
    after: float | None
    causes: tuple[Cause, ...]
    by_hand: float | None = None


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
    together: tuple[str, ...] = ()  # the tests, by grade_id, that ran in the process of the student's code
    answers: tuple[BrokenAnswer, ...] = ()  # those that could not be run to their end
    not_run: tuple[str, ...] = ()  # cells, by their ids, on which no point depends and which were not run
    files: Mapping[str, bytes] = field(default_factory=dict)  # what the cells wrote beside the notebook
    grounds: Grounds | None = None  # what it rests on; None where that is not known
    disturbed: bool = False  # whether a fault of the machine may have cost points: it is graded again
    kept: bool = False  # whether an earlier run found it, and nothing has changed since
    again: tuple[Cause, ...] = ()  # why it was graded again; empty the first time
    moved: tuple[Move, ...] = ()  # the exercises whose points are others than before

    @property
    def name(self) -> str:
        """The notebook's name: a lesson has one notebook of its own name, a foreign assignment may have several."""
        return self.notebook_name or self.lesson

    @property
    def is_read(self) -> bool:
        """Whether it could be graded at all: an empty file says nothing of the exercises."""
        return any(cell.ending != "could not run" for cell in self.cells)

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


def outputs_of(verdict: CellVerdict) -> list[NotebookNode]:
    """The outputs of a test cell from which nbgrader's `determine_grade` reads `verdict.earned`.

    What the cell printed comes first, with stderr as stdout (nbgrader scores any stderr 0); then the record of its
    checks; then an error where nothing was earned, or else the points, which nbgrader takes as full where none stand.
    """
    outputs = [_shown(output) for output in verdict.outputs if output.output_type in ("stream", "display_data")]
    if verdict.report is not None:
        outputs.append(output_node("display_data", data=record_of(verdict.report), metadata={}))
    if verdict.earned is None:
        return outputs
    if verdict.earned == 0 and verdict.report is None and verdict.points > 0:
        return [*outputs, _error(verdict)]
    if verdict.message:
        outputs.append(output_node("stream", name="stdout", text=verdict.message + "\n"))
    if verdict.report is not None or verdict.earned < verdict.points:
        data = {"text/plain": repr(verdict.earned)}
        outputs.append(output_node("execute_result", data=data, metadata={}, execution_count=None))
    return outputs


def output_node(kind: str, **content: Any) -> NotebookNode:
    """An output as it is given, complete and sound: holding each against the schema would take longer than all else."""
    return cast(NotebookNode, from_dict({"output_type": kind, **content}))


def record_of(report: CellReport) -> dict[str, Any]:
    """A report as the data of an output: its JSON for us, and what formgrader shows of the hidden checks as text."""
    lines: list[str] = []
    for check in report.checks:
        told = [*check.message.splitlines(), *check.printed.rstrip("\n").splitlines()]
        if check.hidden and told:
            lines += [f"{'✓' if check.passed else '✗'} {check.label}", *(f"    {line}" for line in told)]
    text = {"text/plain": "\n".join(["for the instructor only:", *lines])} if lines else {}
    return {MIMETYPE: report.data(), **text}


def written_verdict(cell: NotebookNode) -> CellVerdict:
    """The verdict on a cell that a person grades: an answer left untouched earns 0, as in nbgrader."""
    from course.grading.cells import is_as_released  # seconds to import, so not where tests run

    meta = cell.metadata["nbgrader"]
    earned, ending = (0.0, "blank") if is_as_released(cell) else (None, "manual")
    return CellVerdict(meta["grade_id"], float(meta["points"]), earned, cast(Ending, ending))


def _shown(output: NotebookNode) -> NotebookNode:
    if output.output_type == "stream":
        return output_node("stream", name="stdout", text=output.text)
    return output


def _error(verdict: CellVerdict) -> NotebookNode:
    message = verdict.message or verdict.ending
    return output_node("error", ename=verdict.ending, evalue=message, traceback=message.splitlines())
