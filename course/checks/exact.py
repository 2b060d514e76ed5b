"""`equal`: exact agreement of plain data, nested as deep as it comes."""

from __future__ import annotations

import numpy as np
import torch

from course.checks.cell import keep
from course.checks.fault import CheckFailed
from course.checks.message import shape_message, short_text, values_message
from course.checks.plain import MAX_DEPTH, NotNumbers, Numbers, has_class, kind, numbers


def equal(got: object, expected: object, *, what: str = "") -> None:
    """Passes when `got` is exactly `expected`: numbers, text, None, dtypes, and lists, tuples, sets and dicts of these.

    Numbers agree by value and shape whatever holds them (3, 3.0 and tensor(3)); a bool is never a number; a list, a tuple
    and a torch.Size with the same items agree.
    """
    keep(expected)
    fault = _fault(got, expected, "", 0)
    if fault:
        raise CheckFailed(f"{what}: {fault}" if what else fault)


def _fault(got: object, expected: object, place: str, depth: int) -> str:
    """What is wrong, or an empty text."""
    if depth > MAX_DEPTH:
        return _at(place, "nested too deeply to compare")
    try:
        right = numbers(expected)
    except NotNumbers:
        return _other_fault(got, expected, place, depth)
    try:
        return _at(place, _number_fault(got, numbers(got), expected, right))
    except NotNumbers as error:
        return _at(place, f"expected {_shown(expected, right)}, got {_shown(got, None, str(error))}")


def _number_fault(value: object, got: Numbers, wanted: object, expected: Numbers) -> str:
    if got.is_bool != expected.is_bool and expected.array.size:
        return f"expected {_shown(wanted, expected)}, got {_shown(value, got)}"
    if got.shape != expected.shape:
        return shape_message(got.shape, expected.shape)
    with np.errstate(all="ignore"):
        wrong = np.not_equal(got.array, expected.array)
        if got.is_float and expected.is_float:
            wrong = wrong & ~(np.isnan(got.array) & np.isnan(expected.array))
    return values_message(got, expected, wrong) if np.any(wrong) else ""


def _other_fault(got: object, expected: object, place: str, depth: int) -> str:
    if has_class(expected, list, tuple):
        return _sequence_fault(got, expected, place, depth)  # type: ignore[arg-type]
    if has_class(expected, dict):
        return _dict_fault(got, expected, place, depth)  # type: ignore[arg-type]
    if has_class(expected, set, frozenset):
        same = has_class(got, set, frozenset) and _hashables(got) == _hashables(expected)
    elif has_class(expected, str):
        same = has_class(got, str) and str.__str__(got) == str.__str__(expected)  # type: ignore[arg-type]
    elif expected is None or type(expected) in (bytes, slice, torch.dtype, torch.device):
        same = type(got) is type(expected) and got == expected
    else:
        raise TypeError(f"checks.equal compares plain data, and the expected value is {kind(expected)}")
    return "" if same else _at(place, f"expected {_shown(expected)}, got {_shown(got)}")


def _sequence_fault(got: object, expected: list[object] | tuple[object, ...], place: str, depth: int) -> str:
    if not has_class(got, list, tuple):
        return _at(place, f"expected {_shown(expected)}, got {_shown(got)}")
    items = list((list if has_class(got, list) else tuple).__iter__(got))  # type: ignore[arg-type, var-annotated]
    if len(items) != len(expected):
        return _at(place, f"expected {len(expected)} items, got {len(items)}\n  got {_shown(got)}")
    faults = (_fault(g, e, f"{place}[{i}]", depth + 1) for i, (g, e) in enumerate(zip(items, expected, strict=True)))
    return next((fault for fault in faults if fault), "")


def _dict_fault(got: object, expected: dict[object, object], place: str, depth: int) -> str:
    if not has_class(got, dict):
        return _at(place, f"expected {_shown(expected)}, got {_shown(got)}")
    pairs = list(dict.items(got))  # type: ignore[arg-type, var-annotated]
    mine = {_key(key): value for key, value in pairs}
    theirs = {_key(key): value for key, value in expected.items()}
    if missing := [key for key in theirs if key not in mine]:
        return _at(place, f"the key {short_text(missing[0][1])} is missing")
    if extra := [key for key in mine if key not in theirs]:
        return _at(place, f"the key {short_text(extra[0][1])} is not expected")
    faults = (_fault(mine[key], theirs[key], f"{place}[{short_text(key[1])}]", depth + 1) for key in theirs)
    return next((fault for fault in faults if fault), "")


def _hashables(value: object) -> set[tuple[str, object]]:
    base = set if has_class(value, set) else frozenset
    return {_key(item) for item in base.__iter__(value)}  # type: ignore[arg-type, var-annotated]


def _key(value: object) -> tuple[str, object]:
    """A dict key or set item by exact value and kind; objects of other classes agree with nothing."""
    if has_class(value, str):
        return "str", str.__str__(value)  # type: ignore[arg-type]
    if type(value) is tuple:
        return "tuple", tuple(_key(item) for item in value)
    if value is None or type(value) in (bool, bytes, torch.dtype, torch.device):
        return type(value).__name__, value
    try:
        number = numbers(value)
    except NotNumbers:
        return "object", object()
    return ("bool" if number.is_bool else "number", number.array.item()) if not number.shape else ("object", object())


def _shown(value: object, data: Numbers | None = None, otherwise: str = "") -> str:
    if data is not None and not data.shape:
        return repr(data.array.item())
    text = short_text(value)
    return otherwise or text if text == kind(value) else text


def _at(place: str, fault: str) -> str:
    return f"at {place}: {fault}" if place and fault else fault
