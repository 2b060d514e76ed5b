"""Tests that run in the student's own process, in nbgrader's order: what cannot be told apart is judged together.

What it keeps: the process is forked for this submission alone and jailed, a test's source comes when its turn has come
and not before, and what comes back is read as data, clamped between zero and full points.

What it does not keep: code of the student's that waits there can change how such a test ends. Anyone who cannot accept
that grades with `course grade --require-apart`.
"""

import re

from course.grading.boundary import CellOutcome
from course.grading.process.outputs import Space, sound_outputs, sound_text
from course.grading.process.shell import TimeLimit
from course.grading.protocol import CellRecord, Output
from course.grading.verdict.points import held
from course.results import MIMETYPE

_NUMBER = r"[-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|\.\d+(?:e[-+]?\d+)?|nan|inf|True_?|False_?)"
_WRITTEN = re.compile(rf"(?:np\.\w+|tensor|array)\(({_NUMBER})(?:, [^()]*)?\)|(?:np\.)?({_NUMBER})")
_TRUTH = {"True": 1.0, "True_": 1.0, "False": 0.0, "False_": 0.0}


def judged(outcome: CellOutcome, points: float, space: Space) -> CellRecord:
    """The record of a test that ran as a cell of the student's process; its value counts, an error is nothing."""
    earned = _earned(sound_outputs(outcome.outputs), points)
    kept = space.take(outcome.outputs, outcome.message)
    outputs = [output for output in kept.outputs if MIMETYPE not in output.get("data", {})]
    if outcome.error == TimeLimit.__name__:
        return CellRecord("timeout", "the test took longer than it may", outputs)
    if outcome.error is not None:
        return CellRecord(None, kept.message, outputs, error=sound_text(outcome.error, 200) or "Error", earned=0.0)
    return CellRecord(None, kept.message, outputs, earned=earned)


def _earned(outputs: list[Output], points: float) -> float:
    """What nbgrader reads from the text of the cell's value: a number is points, and anything else full marks."""
    shown = [output for output in outputs if output["output_type"] == "execute_result"]
    text = str(shown[-1]["data"].get("text/plain", "")) if shown else ""
    match = _WRITTEN.fullmatch(text.strip())
    if match is None:
        return points
    written = match.group(1) or match.group(2)
    return held(_TRUTH[written] if written in _TRUTH else float(written), points)
