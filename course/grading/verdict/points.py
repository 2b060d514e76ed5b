"""Points from the last value of a test cell; apart from the verdicts, so that no fork server waits for nbformat."""

import math
import numbers
import sys
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

Reading = float | str | None  # a number; in words what a value is that must not count; None for what counts in full
# Classes whose objects do not cross as data: a reference to one is no more than that.
_ALMOST_NUMBERS = frozenset(
    "ndarray matrix MaskedArray recarray memmap datetime64 timedelta64 Tensor Parameter complex Fraction Decimal Float "  # noqa: SIM905
    "mpf mpc date datetime time timedelta Timestamp Timedelta".split()
)


def points_of(reading: Reading, points: float) -> float:
    """The points of a test cell worth `points`, from the reading of its last value.

    nbgrader reads them from the value's text. A number is points, no value (None) is full marks, and so is what cannot
    be taken for a number: a text, a list, a student's object. Four of its readings are traps, and differ here: a number
    of another type (`np.float64(1.5)`, a bool, an array or tensor of one element) is that number and not full marks;
    any other array, a complex number or a date is 0 and not full marks, and `complaint` says so; a negative number or
    nan is 0 and not full marks; a number above the maximum is the maximum and does not abort the run.
    """
    return points if reading is None else held(0.0 if isinstance(reading, str) else reading, points)


def complaint(reading: Reading) -> str:
    """Why a last value gives no points although it is neither a number nor a value that counts in full; else empty."""
    return reading if isinstance(reading, str) else ""


def held(number: float, points: float) -> float:
    """The number, between none of the points and all; nan earns none."""
    return 0.0 if math.isnan(number) else min(max(number, 0.0), float(points))


def read(value: object) -> Reading:
    """What a last value says of points, read in the process that ran its cell: the student's or the test's."""
    try:
        return _number(value)
    except Exception:  # a tensor without memory, a number of the student's that raises
        return _no_points(f"a value of type {type(value).__name__} that cannot be read")


def _number(value: Any) -> Reading:
    """The reading; only the real class decides, since asking a student's object would run its code."""
    kind = type(value)
    numpy, torch = sys.modules.get("numpy"), sys.modules.get("torch")
    references = sys.modules.get("course.grading.boundary.ends.references")
    if references is not None and issubclass(kind, references.Reference):
        named = value.student_type
        if (held := getattr(value, "_reference_kind", "")).startswith("pandas.") or held in ("ndarray", "array"):
            return _no_points(f"a student's {held.removeprefix('pandas.')}")
        return _no_points(f"a student's {named}") if named in _ALMOST_NUMBERS else None
    if numpy is not None and issubclass(kind, numpy.ndarray | numpy.generic) and not issubclass(kind, str | bytes):
        return _only_item(
            value, "array", int(value.size), value.dtype.names is None and bool(numpy.ma.is_masked(value))
        )
    if torch is not None and issubclass(kind, torch.Tensor):
        return _only_item(value, "tensor", int(value.numel()), False)
    if kind.__module__.partition(".")[0] == "pandas" and hasattr(kind, "shape"):
        return _only_item(numpy.asarray(value), "table", int(value.size), False) if numpy else None
    if issubclass(kind, numbers.Real | Decimal):
        return _as_float(value)
    if issubclass(kind, date | time | timedelta):
        return _no_points("a date or a time")
    return _no_points("a complex number") if issubclass(kind, numbers.Number) else None


def _only_item(value: Any, name: str, count: int, masked: bool) -> float | str:
    if count != 1 or masked:
        return _no_points(f"a masked {name}" if masked else f"{_an(name)} of {count} elements")
    item = value.item()
    moment = getattr(value.dtype, "kind", None) in ("M", "m")  # its item may be an int: nanoseconds
    if moment or not issubclass(type(item), numbers.Real):
        return _no_points(f"{_an(name)} of type {value.dtype}")
    return _as_float(item)


def _as_float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:  # a whole number or fraction beyond what a float holds
        return math.inf if value > 0 else -math.inf
    except ValueError:  # a signalling nan
        return math.nan


def _no_points(what: str) -> str:
    return f"the test cell ends in {what}, but must end in its points: one number"


def _an(name: str) -> str:
    return f"an {name}" if name == "array" else f"a {name}"
