"""The lines a student reads when a comparison fails: shape first, then where it differs most, then a few numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from course.checks.plain import Array, Numbers, has_class, kind

FEW = 6
LONGEST_TEXT = 300
MOST_AXES = 8
KNOWN_DTYPES = frozenset(
    f"{kind}{bits}" for kind in ("float", "int", "uint", "complex") for bits in (8, 16, 32, 64, 128)
) | {"bfloat16", "bool", "int", "float", "complex", "str"}


def shape_message(got: tuple[int, ...], expected: tuple[int, ...]) -> str:
    """What is wrong with a shape, and what usually makes it so."""
    lines = [f"expected shape {expected}, got {got}"]
    if expected == () and got:
        lines.append("A single number was expected: is a sum or a mean missing?")
    elif got == () and expected:
        lines.append("You returned a single number: was one axis too many reduced?")
    elif _without_ones(got) == _without_ones(expected):
        lines.append("Only axes of size 1 differ: look at keepdim, squeeze and unsqueeze.")
    elif sorted(got) == sorted(expected):
        lines.append("The axes are in another order: look at transpose and permute, or at the axis you reduce.")
    return "\n".join(lines)


def values_message(got: Numbers, expected: Numbers, wrong: Array) -> str:
    """Where the numbers differ most (`wrong` marks the places that do not agree), with both sides in short."""
    if not expected.shape:
        lines = [f"expected {_number(expected.array, got.array)}, got {_number(got.array, expected.array)}"]
        return "\n".join([*lines, *_observations(got, expected)])
    place = _worst(got.array, expected.array, wrong)
    here, there = got.array[place], expected.array[place]
    count, total = int(wrong.sum()), wrong.size
    lines = [
        f"the values differ most at {list(place)}: "
        f"expected {_number(there, here)}, got {_number(here, there)} ({count} of {total} differ)",
        f"  expected {_short(expected.array)}",
        f"  got      {_short(got.array)}",
    ]
    return "\n".join([*lines, *_observations(got, expected)])


def shape_told(got: tuple[int, ...], expected: tuple[int, ...]) -> str:
    """What may be said of a wrong shape in a hidden check: how many axes, and what usually makes it so; no size."""
    if len(got) != len(expected):
        said = f"a shape with {len(expected)} axes was expected, yours has {min(len(got), MOST_AXES)}"
    else:
        said = "the number of axes is right, and their sizes are not"
    return "\n".join([said, *shape_message(got, expected).split("\n")[1:]])


def values_told(got: Numbers) -> str:
    """What may be said of wrong numbers: that they are NaN."""
    return "your result contains NaN" if np.isnan(got.array).any() else ""


def kind_told(value: Any) -> str:
    """What a value is, without a name that the student chose."""
    text = kind(value)
    known = text.rpartition(" ")[2] in KNOWN_DTYPES or not text.startswith(("a numpy array", "an object of type"))
    return text if known else text.split(" of ")[0]


def short_text(value: Any) -> str:
    """A value as a student would type it, cut to one readable line; only exact built-in types are shown in full."""
    if has_class(value, str):
        text = repr(str.__str__(value))
    elif type(value) in (torch.dtype, torch.device, slice) or _is_simple(value):
        text = repr(value)
    else:
        text = kind(value)
    return text if len(text) <= 120 else text[:117] + "..."


def clipped(text: str, lines: int = 10) -> str:
    """Text cut to a few lines of bearable width."""
    kept = [line[:LONGEST_TEXT] for line in text.splitlines()[:lines]]
    return "\n".join(kept if len(text.splitlines()) <= lines else [*kept, "..."])


def _is_simple(value: Any, depth: int = 0) -> bool:
    if value is None or type(value) in (bool, int, float, complex, str, bytes):
        return True
    if depth > 3 or type(value) not in (list, tuple, set, dict, torch.Size) or len(value) > 50:
        return False
    inner = [*value.keys(), *value.values()] if type(value) is dict else list(value)
    return all(_is_simple(item, depth + 1) for item in inner)


def _without_ones(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(size for size in shape if size != 1)


def _worst(got: Array, expected: Array, wrong: Array) -> tuple[int, ...]:
    with np.errstate(all="ignore"):
        distance = np.abs(np.subtract(got, expected, dtype=np.result_type(got, expected, np.float64)))
    distance[~wrong] = -1.0
    distance[np.isnan(distance)] = np.inf
    place = np.unravel_index(int(np.argmax(distance)), distance.shape)
    distance.fill(np.nan)  # freed memory must not hold the answer
    return tuple(int(i) for i in place)


def _number(value: Any, other: Any = None) -> str:
    """One number in as few digits as tell it from the other."""
    array = np.asarray(value)
    if array.dtype.kind in "biu":
        return str(array.item())
    for digits in (5, 7, 10, 17):
        text = _digits(array, digits)
        if other is None or text != _digits(np.asarray(other), digits):
            break
    return text


def _digits(array: Array, digits: int) -> str:
    if array.dtype.kind == "c":
        return f"{array.item():.{digits}g}"
    return f"{float(array.item()):.{digits}g}"


def _short(array: Array) -> str:
    flat = array.reshape(-1)
    text = ", ".join(_number(value) for value in flat[:FEW])
    more = ", ..." if flat.size > FEW else ""
    where = "" if array.ndim == 1 else f" (shape {tuple(array.shape)}, read row by row)"
    return f"[{text}{more}]{where}"


def _observations(got: Numbers, expected: Numbers) -> list[str]:
    g, e = got.array, expected.array
    if g.dtype.kind == "b" or e.dtype.kind == "b":
        return []
    nans = int(np.isnan(g).sum()) - int(np.isnan(e).sum())
    if nans > 0:
        return [f"Your result is NaN in {nans} of {g.size} places."] if g.ndim else []
    if not np.any(g) and np.any(e):
        return ["All your values are zero."] if g.ndim else []
    return _factor(g, e)


def _factor(got: Array, expected: Array) -> list[str]:
    """Say so when one number (or one sign) lies between all of `got` and all of `expected`."""
    if got.size < 2 or "c" in (got.dtype.kind, expected.dtype.kind):
        return []
    if not (np.isfinite(got).all() and np.isfinite(expected).all() and np.all(expected != 0)):
        return []
    with np.errstate(all="ignore"):
        ratio = got / expected
    first = float(ratio.reshape(-1)[0])
    if not first or abs(first - 1) < 1e-3 or not np.allclose(ratio, first, rtol=1e-4, atol=0):
        return []
    if abs(first + 1) < 1e-4:
        return ["The sign is the wrong way round everywhere."]
    return [f"Every value is {first:.5g} times the expected one."]
