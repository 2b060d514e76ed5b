"""Points from the last value of a test cell; apart from the verdicts, so that no nursery waits for nbformat."""

import math
import numbers
import sys
from typing import Any


def points_of(value: object, points: float) -> float:
    """The points that a test cell's last value stands for, in a cell worth `points`.

    nbgrader reads them from the value's text. A number is points, no value (None) is full marks, and so is anything
    that is no number: a string, a bool, a list, a student's object. Three of its readings are traps, and differ here:
    a number of another type (`np.float64(1.5)`, a tensor without axes) is that number and not full marks, a negative
    number or nan is 0 and not full marks, and a number above the maximum is the maximum and does not abort the run.
    """
    number = _number(value)
    return points if number is None else held(number, points)


def held(number: float, points: float) -> float:
    """The number, between none of the points and all; nan is none."""
    return 0.0 if math.isnan(number) else min(max(number, 0.0), float(points))


def _number(value: object) -> float | None:
    kind = type(value)
    if issubclass(kind, bool) or kind.__name__ in ("bool", "bool_"):
        return None
    if issubclass(kind, numbers.Real):
        return float(value)  # type: ignore[arg-type]
    return _array_number(value)


def _array_number(value: Any) -> float | None:
    """The number in a tensor or array without axes; by exact type, since asking a student's object runs its code."""
    owners = {"torch": "Tensor", "numpy": "ndarray"}
    known = [getattr(sys.modules[module], name) for module, name in owners.items() if module in sys.modules]
    if type(value) not in known or value.ndim != 0:
        return None
    return _number(value.item())
