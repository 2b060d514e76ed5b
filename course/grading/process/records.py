"""What a cell gave, as its record: of a student's cell how it ended, of a test run apart what it showed and earned."""

from course import checks
from course.grading.boundary import CellOutcome, StudentError
from course.grading.outputs import MESSAGE_CAP, Space, sound_text
from course.grading.process.shell import CellRun, TimeLimit
from course.grading.protocol import CellRecord
from course.grading.verdict.points import points_of


def of_cell(outcome: CellOutcome, space: Space) -> CellRecord:
    """The record of a cell that ran on the candidate's side."""
    ending = "passed" if outcome.error is None else "timeout" if outcome.error == TimeLimit.__name__ else "failed"
    kept = space.take(outcome.outputs, outcome.message)
    return CellRecord(ending, kept.message, kept.outputs)


def of_failure(error: StudentError) -> CellRecord:
    """The record of a cell that the student's side could not take to its end."""
    return CellRecord("failed", sound_text(str(error), MESSAGE_CAP))


def of_test(run: CellRun, points: float, space: Space) -> CellRecord:
    """The record of a test that ran on this side; without checks its last value counts, as nbgrader has it."""
    outputs = [output for output in run.outputs if checks.MIMETYPE not in output.get("data", {})]
    kept = space.take(outputs, run.message)
    return CellRecord(None, kept.message, kept.outputs, error=run.error, earned=points_of(run.value, points))
