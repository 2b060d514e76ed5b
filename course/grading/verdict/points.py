"""Points from the last value of a test cell; apart from the verdicts, so that no fork server waits for nbformat."""

import math
import numbers
import sys
from decimal import Decimal
from typing import Any


def points_of(value: object, points: float) -> float:
    """The points that a test cell's last value stands for, in a cell worth `points`.

    nbgrader reads them from the value's text. A number is points, no value (None) is full marks, and so is what cannot
    be taken for a number: a text, a list, a student's object. Four of its readings are traps, and differ here: a number
    of another type (`np.float64(1.5)`, a bool, an array or tensor of one element) is that number and not full marks;
    any other array, a complex number or a date is 0 and not full marks, and `complaint` says so; a negative number or
    nan is 0 and not full marks; a number above the maximum is the maximum and does not abort the run.
    """
    number = _number(value)
    return points if number is None else held(0.0 if isinstance(number, str) else number, points)


def complaint(value: object) -> str:
    """Why a last value gives no points although it is neither a number nor a value that counts in full; else empty."""
    number = _number(value)
    return number if isinstance(number, str) else ""


def held(number: float, points: float) -> float:
    """The number, between none of the points and all; nan earns none."""
    return 0.0 if math.isnan(number) else min(max(number, 0.0), float(points))


def _number(value: Any) -> float | str | None:
    """The number; in words what the value is, if it must not count; None if it counts in full.

    Only the real class decides: asking a student's object would run its code.
    """
    kind = type(value)
    numpy, torch = sys.modules.get("numpy"), sys.modules.get("torch")
    if numpy is not None and issubclass(kind, numpy.ndarray | numpy.generic) and not issubclass(kind, str | bytes):
        return _only_item(
            value, "array", int(value.size), value.dtype.names is None and bool(numpy.ma.is_masked(value))
        )
    if torch is not None and issubclass(kind, torch.Tensor):
        return _only_item(value, "tensor", int(value.numel()), False)
    if issubclass(kind, numbers.Real | Decimal):
        return _as_float(value)
    return _no_points("a complex number") if issubclass(kind, numbers.Number) else None


def _only_item(value: Any, name: str, count: int, masked: bool) -> float | str:
    if count != 1 or masked:
        return _no_points(f"a masked {name}" if masked else f"{_an(name)} of {count} elements")
    item = value.item()
    if not issubclass(type(item), numbers.Real):
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
