"""Tests that run in the student's own process, in nbgrader's order: what cannot be told apart is judged together.

What it keeps: the process is forked for this submission alone and jailed, a test's source comes when its turn has come
and not before, and what comes back is read as data, clamped between zero and full points.

What it does not keep: code of the student's that waits there can change how such a test ends. Anyone who cannot accept
that grades with `course grade --require-apart`.
"""

from typing import Any

from course.grading.process.outputs import Space, sound_text
from course.grading.protocol import CellRecord
from course.grading.verdict.points import Reading, complaint, points_of
from course.results import MIMETYPE


def judged(run: dict[str, Any], points: float, space: Space) -> CellRecord:
    """The record of a test that ran as a cell of the student's process; its value counts, an error is nothing."""
    value, raised = _sound(run.get("value")), run.get("error")
    kept = space.take(run.get("outputs"), run.get("message"))
    outputs = [output for output in kept.outputs if MIMETYPE not in output.get("data", {})]
    if raised == "TimeLimit":
        return CellRecord("timeout", "the test took longer than it may", outputs)
    if raised is not None:
        return CellRecord(None, kept.message, outputs, error=sound_text(raised, 200) or "Error", earned=0.0)
    if why := complaint(value):
        return CellRecord("failed", why, outputs, earned=0.0)
    return CellRecord(None, kept.message, outputs, earned=points_of(value, points))


def _sound(value: object) -> Reading:
    """The reading as it came; no points for what can be none."""
    return value if value is None or type(value) is float else sound_text(value, 200) or "its last value is unknown"
