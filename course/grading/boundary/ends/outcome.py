"""What the candidate says of a cell that it has run: of the right types, and still no more than its word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from course.grading.boundary.transport.wire import WireViolation
from course.grading.verdict.points import Reading

UNKNOWN = "its last value is unknown"


@dataclass(frozen=True)
class CellOutcome:
    """How a cell ended and what it showed.

    Attributes:
        outputs: should have nbformat's form; each may be anything that can cross.
        error: the name of the exception that ended it, None where it ran to its end.
        message: the exception's.
        value: what the last value says of points; only a test that runs together has any.
    """

    outputs: Sequence[object] = ()
    error: str | None = None
    message: str = ""
    value: Reading = UNKNOWN

    def as_data(self) -> dict[str, object]:
        """The outcome as plain data, to send to the examiner."""
        return {"outputs": list(self.outputs), "error": self.error, "message": self.message, "value": self.value}

    @classmethod
    def from_data(cls, data: object) -> CellOutcome:
        """The outcome as it came: a part that is missing or of a wrong type is empty; WireViolation without parts."""
        if type(data) is not dict:
            raise WireViolation("outcomes that no cell can have")
        outputs, error, value = data.get("outputs"), data.get("error"), data.get("value", UNKNOWN)
        return cls(
            outputs if type(outputs) is list else [],
            None if error is None else _text(error),
            _text(data.get("message")),
            value if value is None or type(value) is float else _text(value) or UNKNOWN,
        )


def _text(value: object) -> str:
    return value if type(value) is str else ""
