"""Comparisons for test cells: each is silent when it holds and otherwise raises CheckFailed with what to look at.

Only raw numbers are compared (see `plain`), shapes must agree exactly, NaN equals nothing but a NaN expected there, and
tolerances follow the size and the precision of the expected values, so that zeros never pass for small numbers and a
result of low precision gains nothing. Precision is that of the numbers and not of what holds them: what a float32
tensor holds passes or fails alike as float64, in an array or as Python's floats.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from course.checks.cell import keep
from course.checks.fault import CheckFailed, error_text, is_error, is_unfilled
from course.checks.message import (
    KNOWN_DTYPES,
    kind_told,
    shape_message,
    shape_told,
    short_text,
    values_message,
    values_told,
)
from course.checks.plain import Array, NotNumbers, Numbers, bare_tensor, has_class, kind, numbers

# dtype of the expected values: relative tolerance of each, and rounding noise as a share of the largest of them
TOLERANCES = {
    "float16": (2e-3, 2e-3),
    "bfloat16": (1.6e-2, 1.6e-2),
    "float32": (2e-5, 4e-6),
    "float64": (1e-7, 1e-11),
}
# Accelerators round float32 products more coarsely (TF32 on CUDA has ten bits).
DEVICE_TOLERANCES = {"cuda": (1e-3, 5e-4), "mps": (2e-4, 4e-5)}


def close(
    got: object, expected: object, *, rtol: float | None = None, atol: float | None = None, what: str = ""
) -> None:
    """Pass when `got` has the shape of `expected` and its numbers within tolerance; raise CheckFailed otherwise.

    Args:
        got: the student's value: a number, tensor, array or (nested) list of numbers, of any float dtype and device,
            complex only where `expected` is.
        expected: the right value.
        rtol: allowed difference as a share of each expected value; default by dtype and device.
        atol: allowed difference anywhere; default a rounding share of the largest expected value.
        what: words put before the message.
    """
    for name, tolerance in (("rtol", rtol), ("atol", atol)):
        if tolerance is not None and not 0 <= tolerance < math.inf:
            raise ValueError(f"{name} must be a finite number of at least 0, not {tolerance}")
    right = numbers(expected)
    keep(expected, right.array)
    given = _given(got, right, what)
    if given.shape != right.shape:
        raise CheckFailed(
            _prefixed(what, shape_message(given.shape, right.shape)), shape_told(given.shape, right.shape)
        )
    wrong = ~_agrees(given, right, rtol, atol)
    if wrong.any():
        raise CheckFailed(_prefixed(what, values_message(given, right, wrong)), values_told(given))


def between(got: object, low: float, high: float, *, what: str = "") -> None:
    """Pass when every number of `got` lies in low..high, end included; NaN never does."""
    given = _given(got, numbers(0.0), what)
    inside = (given.array >= low) & (given.array <= high)
    if given.array.size == 0 or not inside.all():
        text = short_text(given.array[~inside].reshape(-1)[0].item()) if given.array.size else "no values"
        raise CheckFailed(_prefixed(what, f"expected between {low} and {high}, got {text}"))


def true(condition: object, message: str) -> None:
    """Pass when `condition` is True: a bool, numpy bool or tensor of one bool; anything merely truthy does not."""
    try:
        given = numbers(condition)
    except NotNumbers as error:
        raise CheckFailed(f"{message}\nexpected True or False, got {error}", "expected True or False") from None
    if not given.is_bool or given.array.size != 1:
        raise CheckFailed(f"{message}\nexpected one True or False, got {kind(condition)}")
    if not given.array.item():
        raise CheckFailed(message)


def shape(got: object, *dims: int | tuple[int | None, ...] | None, what: str = "") -> None:
    """Pass when `got` has these sizes, given one by one or as a tuple; None stands for any size."""
    sizes = dims[0] if len(dims) == 1 and has_class(dims[0], tuple, list) else dims
    expected = tuple(sizes)  # type: ignore[arg-type]
    actual = _given(got, None, what).shape
    agrees = len(actual) == len(expected) and all(e is None or a == e for a, e in zip(actual, expected, strict=True))
    if agrees:
        return
    fixed: tuple[int, ...] = tuple(size or 0 for size in expected)  # type: ignore[misc]
    if None in expected:
        wanted = "(" + ", ".join("any" if size is None else str(size) for size in expected) + ")"
        told = shape_told(actual, fixed).split("\n")[0]
        raise CheckFailed(_prefixed(what, f"expected shape {wanted}, got {actual}"), told)
    raise CheckFailed(_prefixed(what, shape_message(actual, fixed)), shape_told(actual, fixed))


def doubles(got: object, *, what: str = "") -> torch.Tensor:
    """The real numbers of a tensor, array or (nested) list as one float64 tensor, for a test to compute with."""
    given = _given(got, None, what)
    if given.is_complex:
        told = "expected real numbers, got complex ones"
        raise CheckFailed(_prefixed(what, told), told)
    return torch.from_numpy(given.array.astype(np.float64))


def dtype(got: object, expected: object, *, what: str = "") -> None:
    """Pass when a tensor or array has the dtype `expected`, or a Python number that type (int, float, ...)."""
    wanted = _dtype_name(expected)
    if has_class(got, torch.Tensor):
        actual = _dtype_name(bare_tensor(got).dtype)
    elif has_class(got, np.ndarray, np.generic):
        actual = str(np.asarray(got).dtype)
    else:
        actual = type(got).__name__ if type(got) in (bool, int, float, complex, str) else kind(got)
    if actual != wanted:
        told = f"expected dtype {wanted}, got {actual}" if actual in KNOWN_DTYPES else f"expected dtype {wanted}"
        raise CheckFailed(_prefixed(what, f"expected dtype {wanted}, got {actual}"), told)


def raises(
    error: type[BaseException] | tuple[type[BaseException], ...],
    f: Callable[..., object],
    *args: object,
    **kwargs: object,
) -> None:
    """Pass when `f(*args)` raises the error; what an unfilled answer raises never counts."""
    wanted = error if isinstance(error, tuple) else (error,)
    names = " or ".join(cls.__name__ for cls in wanted)
    try:
        result = f(*args, **kwargs)
    except Exception as raised:
        if is_unfilled(raised) and NotImplementedError not in wanted:
            raise
        if not is_error(raised, wanted):
            raise CheckFailed(f"expected {names} to be raised, got {error_text(raised)}") from None
        return
    raise CheckFailed(f"expected {names} to be raised, but the call returned {short_text(result)}")


def _given(got: object, expected: Numbers | None, what: str) -> Numbers:
    try:
        given = numbers(got)
    except NotNumbers as error:
        told = f"expected {'a tensor or array' if expected is None else 'numbers'}, got {kind_told(got)}"
        raise CheckFailed(_prefixed(what, f"expected {_form(expected)}, got {error}"), told) from None
    if given.is_bool and expected is not None:
        fault = f"expected {_form(expected)}, got {kind(got)} (True and False are not numbers here)"
        raise CheckFailed(_prefixed(what, fault), "expected numbers, got True or False")
    if given.is_complex and expected is not None and not expected.is_complex:
        told = "expected real numbers, got complex ones"  # also where every imaginary part is zero
        raise CheckFailed(_prefixed(what, told), told)
    return given


def _form(expected: Numbers | None) -> str:
    if expected is None:
        return "a tensor or array"
    return f"numbers of shape {expected.shape}" if expected.shape else "a number"


def _prefixed(what: str, message: str) -> str:
    return f"{what}: {message}" if what else message


def _dtype_name(value: Any) -> str:
    if isinstance(value, torch.dtype):
        return str(value).removeprefix("torch.")
    return str(value.__name__) if value in (bool, int, float, complex, str) else str(np.dtype(value))


def _agrees(got: Numbers, expected: Numbers, rtol: float | None, atol: float | None) -> Array:
    """Mark the places where the numbers agree."""
    g, e = got.array, expected.array
    same = np.asarray(np.equal(g, e))
    if (not got.is_float and not expected.is_float and not rtol and not atol) or same.all():
        return same
    size, distance = np.abs(e).astype(np.float64), _distance(g, e)
    finite = np.isfinite(size)
    relative, absolute = _allowances(got, expected, float(np.max(size, where=finite, initial=0.0)), rtol, atol)
    with np.errstate(all="ignore"):
        near = np.isfinite(distance) & finite & (distance <= relative * size + absolute)
    # Freed memory must not hold the answer for a student's torch.empty() to find.
    size.fill(np.nan)
    distance.fill(np.nan)
    return np.asarray(near | (np.isinf(e) & (g == e)) | (np.isnan(e) & np.isnan(g)))


def _distance(got: Array, expected: Array) -> Array:
    with np.errstate(all="ignore"):
        return np.asarray(np.abs(np.subtract(got, expected, dtype=np.result_type(got, expected, np.float64))))


def _allowances(
    got: Numbers, expected: Numbers, scale: float, rtol: float | None, atol: float | None
) -> tuple[float, float]:
    """The relative and the absolute tolerance; `scale` is the largest expected size."""
    relative, noise = TOLERANCES[_precision(got, expected)]
    if relative == TOLERANCES["float32"][0]:
        for device in {got.device, expected.device} & set(DEVICE_TOLERANCES):
            relative, noise = max((relative, noise), DEVICE_TOLERANCES[device])
    if rtol is not None:
        relative, noise = rtol, noise if rtol else 0.0
    return relative, atol if atol is not None else (noise * scale if scale else relative)


def _precision(got: Numbers, expected: Numbers) -> str:
    """The precision to ask for: that of the expected values, or float32 when the result has less than they have."""
    if expected.dtype in ("float16", "bfloat16"):
        return expected.dtype
    single = ("float32", "complex64", "float16", "bfloat16")
    return "float32" if expected.dtype in single or got.dtype in single or _is_single(got.array) else "float64"


def _is_single(array: Array) -> bool:
    """Whether doubles come from float32: each of them is a number that float32 holds, which is no chance."""
    with np.errstate(all="ignore"):
        return array.dtype == np.float64 and bool(np.all((array == array.astype(np.float32)) | np.isnan(array)))
