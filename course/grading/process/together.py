"""Tests that run in the student's own process, in nbgrader's order: what cannot be told apart is judged together.

What it keeps: the process is forked for this submission alone and jailed, a test's source comes when its turn has come
and not before, and what comes back is read as data, clamped between zero and full points.

What it does not keep: code of the student's that waits there can change how such a test ends. Anyone who cannot accept
that grades with `course grade --require-apart`.
"""

from course.grading.boundary import CellOutcome
from course.grading.outputs import Space, sound_text
from course.grading.process.shell import TimeLimit
from course.grading.protocol import CellRecord
from course.grading.verdict.points import complaint, points_of
from course.results import MIMETYPE


def judged(outcome: CellOutcome, points: float, space: Space) -> CellRecord:
    """The record of a test that ran as a cell of the student's process; its value counts, an error is nothing."""
    kept = space.take(outcome.outputs, outcome.message)
    outputs = [output for output in kept.outputs if MIMETYPE not in output.get("data", {})]
    if outcome.error == TimeLimit.__name__:
        return CellRecord("timeout", "the test took longer than it may", outputs)
    if outcome.error is not None:
        return CellRecord(None, kept.message, outputs, error=sound_text(outcome.error, 200) or "Error", earned=0.0)
    if why := complaint(outcome.value):
        return CellRecord("failed", sound_text(why, 200), outputs, earned=0.0)
    return CellRecord(None, kept.message, outputs, earned=points_of(outcome.value, points))
