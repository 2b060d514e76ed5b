"""What the candidate says of a cell that it has run: of the right types, and still no more than its word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from course.grading.boundary.transport.wire import WireViolation


@dataclass(frozen=True)
class CellOutcome:
    """How a cell ended and what it showed.

    Attributes:
        outputs: should have nbformat's form; each may be anything that can cross.
        error: the name of the exception that ended it, None where it ran to its end.
        message: the exception's.
    """

    outputs: Sequence[object] = ()
    error: str | None = None
    message: str = ""

    def as_data(self) -> dict[str, object]:
        """The outcome as plain data, to send to the examiner."""
        return {"outputs": list(self.outputs), "error": self.error, "message": self.message}

    @classmethod
    def from_data(cls, data: object) -> CellOutcome:
        """The outcome as it came: a part that is missing or of a wrong type is empty; WireViolation without parts."""
        if type(data) is not dict:
            raise WireViolation("outcomes that no cell can have")
        outputs, error = data.get("outputs"), data.get("error")
        return cls(
            outputs if type(outputs) is list else [],
            None if error is None else _text(error),
            _text(data.get("message")),
        )


def _text(value: object) -> str:
    return value if type(value) is str else ""
