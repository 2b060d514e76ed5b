"""What may be said of a failed check that is hidden: the kind of fault and the student's own line, and no value.

Student's code could put what it was handed into a message, a shape, or the name of a class of its own. So of an
exception Python's own name is said, and of its place the line; the page that shows it leaves a quoted line out when it
is not one of the student's (course.report.hiding).
"""

from __future__ import annotations

import builtins
import re
import traceback

from course.checks.cell import current
from course.checks.fault import CheckFailed, error_name, error_text, is_unfilled, student_class


def told_text(error: BaseException) -> str:
    """What may be said of an error when the check is hidden: its kind and the student's line, and nothing of a value.

    Student's code could put what it was handed into a message, and into the name of a class of its own.
    """
    if isinstance(error, CheckFailed):
        return error.told
    if is_unfilled(error):
        return "not filled in yet"
    if error_name(error) == "BdbQuit":
        return error_text(error)
    line = student_line(error)
    if not line:
        return "the check could not use what your code returned or left: is it of the type that was asked for?"
    return f"your code raises {_known_name(error)} at {line}"


def _known_name(error: BaseException) -> str:
    """Python's own name for the error, also of one whose class is the student's."""
    name, bases = student_class(error)
    names = (name, *bases) if name else [cls.__name__ for cls in type(error).__mro__]
    found = next((each for each in names if isinstance(getattr(builtins, each, None), type)), "Exception")
    return found if found not in ("object", "BaseException") else "an exception"


def student_line(error: BaseException) -> str:
    """The last line of a student's cell that the error came through, as "line 3: `return x[k]`"; empty when none."""
    text = getattr(error, "traceback_text", "")
    if type(text) is str and text:
        return _line_of(text)
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if frame.filename != current().file and _is_cell(frame.filename)]
    return _line(own[-1].lineno or 0, own[-1].line or "") if own else ""


def _line_of(text: str) -> str:
    """The same from a traceback that crossed as text."""
    found = [(match[1], match[2], match[3]) for match in _FRAME.finditer(text)]
    own = [(number, line) for file, number, line in found if _is_cell(file)]
    return _line(int(own[-1][0]), own[-1][1]) if own else ""


def _line(number: int, code: str) -> str:
    return f"line {number}: `{code.strip()}`" if 0 < number < 1000 else ""


def _is_cell(filename: str) -> bool:
    return any(mark in filename for mark in _CELLS)


_FRAME = re.compile(r'File "([^"\n]*)", line (\d{1,6})[^\n]*\n[ ]{4}([^\n]*)')
_CELLS = ("ipykernel_", "<ipython-input-", "<cell ", "Cell In[")
