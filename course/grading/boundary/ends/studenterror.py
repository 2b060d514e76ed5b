"""An exception of the student's code, told across the boundary as text and raised on the examiner's side.

It is a StudentError, and also of the built-in class that the student's exception derives from, where that is one that
tests catch: `except ValueError` in a test cell works as in one kernel. Nothing but names and text crosses.
"""

from __future__ import annotations

import traceback
from typing import Any

CATCHABLE: dict[str, type[Exception]] = {
    cls.__name__: cls
    for cls in (
        ArithmeticError, AssertionError, AttributeError, BufferError, EOFError, FloatingPointError, ImportError,
        IndexError, KeyError, LookupError, MemoryError, ModuleNotFoundError, NameError, NotImplementedError, OSError,
        FileNotFoundError, OverflowError, RecursionError, RuntimeError, TypeError, ValueError, ZeroDivisionError,
    )
}  # fmt: skip
_MAX_BASES, _MAX_NAME = 20, 100


class StudentError(Exception):
    """The student's code raised an exception; its class, message and traceback are text."""

    student_type = "Exception"
    student_bases: tuple[str, ...] = ()
    traceback_text = ""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


def student_error(kind: str, bases: tuple[str, ...], message: str, traceback_text: str) -> StudentError:
    """A StudentError that tests can catch as the built-in class that it derives from."""
    caught = next((CATCHABLE[name] for name in (kind, *bases) if name in CATCHABLE), None)
    error = (StudentError if caught is None else _class(caught))(message)
    error.student_type, error.student_bases, error.traceback_text = kind, bases, traceback_text
    return error


def _class(caught: type[Exception]) -> type[StudentError]:
    made = _classes.get(caught)
    if made is None:
        made = _classes[caught] = type("StudentError", (StudentError, caught), {"__module__": __name__})
    return made


_classes: dict[type[Exception], type[StudentError]] = {}


def described(error: BaseException, cap: int) -> tuple[str, tuple[str, ...], str, str]:
    """Class name, names of all bases, message and traceback of an exception, each within the cap."""
    kind = type(error)
    bases = tuple(cls.__name__[:_MAX_NAME] for cls in kind.__mro__[:_MAX_BASES])
    try:
        message = str.__str__(str(error))
    except BaseException as problem:
        message = f"(its message cannot be shown: {type(problem).__name__})"
    try:
        text = "".join(traceback.format_exception(kind, error, _students_frames(error), limit=-20))
    except BaseException:
        text = ""
    return kind.__name__[:_MAX_NAME], bases, message[:cap], text[-cap:]


def _students_frames(error: BaseException) -> Any:
    """The traceback without the frames of this package above the student's own."""
    frames = error.__traceback__
    while frames is not None and frames.tb_frame.f_globals.get("__name__", "").startswith("course.grading."):
        frames = frames.tb_next
    return frames
