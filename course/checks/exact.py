"""`equal`: exact agreement of plain data, nested as deep as it comes."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from course.checks import plain
from course.checks.cell import keep
from course.checks.fault import CheckFailed
from course.checks.message import shape_message, short_text, values_message
from course.checks.plain import MAX_DEPTH, NotNumbers, Numbers, has_class, items, kind, numbers

_PLAIN_TYPES = (str, int, float, bool)  # which need no second look where they are equal
_EXACT_TYPES = (bool, bytes, torch.dtype, torch.device, type(None), type(...))


def equal(got: Any, expected: Any, *, what: str = "") -> None:
    """Pass when `got` is exactly `expected`: numbers, text, None, dtypes, and lists, tuples, sets, dicts of these.

    Numbers agree by value and shape whatever holds them (3, 3.0 and tensor(3)); a bool is never a number, and a complex
    number no real one; a list, a tuple and a torch.Size with the same items agree.
    """
    keep(expected)
    fault = _fault(got, expected, "", 0)
    if fault:
        raise CheckFailed(f"{what}: {fault}" if what else fault)


def unordered(got: Any, expected: Any, *, what: str = "") -> None:
    """Pass when `got` is a list, tuple or tensor that holds the items of `expected` exactly, in whatever order."""
    keep(expected)
    rest = _rows(expected)
    for row in _rows(got):
        if (match := next((item for item in rest if not _fault(row, item, "", 0)), None)) is None:
            raise CheckFailed(f"{what}: " * bool(what) + f"{_shown(row)} is not among what was expected")
        rest = [item for item in rest if item is not match]
    if rest:
        raise CheckFailed(f"{what}: " * bool(what) + f"{len(rest)} of {len(_rows(expected))} items are missing")


def _rows(value: Any) -> list[Any]:
    """The items of a list, tuple, set, or of a tensor's or array's first axis."""
    value = plain.held(value)
    if has_class(value, list, tuple):
        return items(value)
    if has_class(value, set, frozenset):
        return list(value)
    try:
        data = numbers(value)
    except NotNumbers as error:
        raise CheckFailed(f"expected a list or tensor of items, got {error}") from None
    if not data.shape:
        raise CheckFailed("expected a list or tensor of items, got one number")
    return list(data.array)


def _fault(got: Any, expected: Any, place: str, depth: int) -> str:
    """What is wrong, or an empty text."""
    got = plain.held(got)
    if depth > MAX_DEPTH:
        return _at(place, "nested too deeply to compare")
    if type(got) is type(expected) and type(got) in _PLAIN_TYPES and got == expected:
        return ""
    try:
        right = numbers(expected)
    except NotNumbers:
        return _other_fault(got, expected, place, depth)
    try:
        return _at(place, _number_fault(got, numbers(got), expected, right))
    except NotNumbers as error:
        return _at(place, f"expected {_shown(expected)}, got {_shown(got, str(error))}")


def _number_fault(value: Any, got: Numbers, wanted: Any, expected: Numbers) -> str:
    keep(expected.array)
    if got.is_complex and not expected.is_complex:
        return "expected real numbers, got complex ones"
    if got.is_bool != expected.is_bool and expected.array.size:
        return f"expected {_shown(wanted)}, got {_shown(value)}"
    if got.is_bool and not expected.shape and not got.shape and bool(got.array) != bool(expected.array):
        return f"what this check looks at is {bool(got.array)}, and should not be"
    if got.shape != expected.shape:
        return shape_message(got.shape, expected.shape)
    wrong = _differ(got.array, expected.array)
    if got.is_float and expected.is_float:
        wrong = wrong & ~(np.isnan(got.array) & np.isnan(expected.array))
    return values_message(got, expected, wrong) if np.any(wrong) else ""


def _differ(one: plain.Array, other: plain.Array) -> plain.Array:
    """Where numbers are not the same, to the last digit of a whole number that a float only comes near."""
    wrong = np.not_equal(one, other)
    for real, whole in ((one, other), (other, one)):
        if real.dtype.kind == "f" and whole.dtype.kind in "iu":
            with np.errstate(all="ignore"):
                wrong = wrong | (real.astype(whole.dtype) != whole)
    return np.asarray(wrong)


def _other_fault(got: Any, expected: Any, place: str, depth: int) -> str:
    if has_class(expected, list, tuple):
        return _sequence_fault(got, expected, place, depth)
    if has_class(expected, dict):
        return _dict_fault(got, expected, place, depth)
    if has_class(expected, set, frozenset):
        same = has_class(got, set, frozenset) and _members(got) == _members(expected)
    elif has_class(expected, str, int, slice) or type(expected) in _EXACT_TYPES or has_class(expected, np.dtype):
        same = _key(got) == _key(expected)
    else:
        raise TypeError(f"checks.equal compares plain data, and the expected value is {kind(expected)}")
    return "" if same else _at(place, f"expected {_shown(expected)}, got {_shown(got)}")


def _sequence_fault(got: Any, expected: Any, place: str, depth: int) -> str:
    if not has_class(got, list, tuple):
        return _at(place, f"expected {_shown(expected)}, got {_shown(got)}")
    mine, theirs = items(got), items(expected)
    if len(mine) != len(theirs):
        return _at(place, f"expected {len(theirs)} items, got {len(mine)}: {_shown(got)}")
    faults = (_fault(g, e, f"{place}[{i}]", depth + 1) for i, (g, e) in enumerate(zip(mine, theirs, strict=True)))
    return next((fault for fault in faults if fault), "")


def _dict_fault(got: Any, expected: Any, place: str, depth: int) -> str:
    if not has_class(got, dict):
        return _at(place, f"expected {_shown(expected)}, got {_shown(got)}")
    mine, theirs = _by_key(got), _by_key(expected)
    for key, (name, _) in theirs.items():
        if key not in mine:
            return _at(place, f"the key {short_text(name)} is missing")
    for key, (name, _) in mine.items():
        if key not in theirs:
            return _at(place, f"the key {short_text(name)} is not expected")
    for key, (name, value) in theirs.items():
        if fault := _fault(mine[key][1], value, f"{place}[{short_text(name)}]", depth + 1):
            return fault
    return ""


def _by_key(value: Any) -> dict[Any, tuple[Any, Any]]:
    return {_key(name): (name, item) for name, item in dict.items(value)}


def _members(value: Any) -> list[Any]:
    base: Any = set if has_class(value, set) else frozenset
    return sorted((_key(item) for item in base.__iter__(value)), key=repr)


def _key(value: Any, depth: int = 0) -> tuple[str, Any]:
    """What two values share exactly when they are the same; an object of any other class is like no other."""
    if has_class(value, str):
        return "str", str.__str__(value)
    if type(value) in _EXACT_TYPES or has_class(value, np.dtype):
        return type(value).__name__, value
    if has_class(value, int):
        return "number", int.__int__(value)
    if has_class(value, slice) and depth < MAX_DEPTH:
        return "slice", tuple(_key(part, depth + 1) for part in (value.start, value.stop, value.step))
    if has_class(value, tuple) and depth < MAX_DEPTH:
        return "tuple", tuple(_key(part, depth + 1) for part in items(value))
    try:
        number = numbers(value)
    except NotNumbers:
        return "object", object()
    return ("bool" if number.is_bool else "number", number.array.item()) if not number.shape else ("object", object())


def _shown(value: Any, otherwise: str = "") -> str:
    """The value where it is short and plain, a number also out of its tensor; else a few words on its kind."""
    try:
        data = numbers(value)
    except NotNumbers:
        text = short_text(value)
        return otherwise or text if text == kind(value) else text
    return repr(data.array.item()) if not data.shape else short_text(value)


def _at(place: str, fault: str) -> str:
    return f"at {place}: {fault}" if place and fault else fault
