"""Comparisons for test cells: each is silent when it holds and raises CheckFailed with what to look at when it does not.

Only raw numbers are compared (see `plain`), shapes must agree exactly, NaN equals nothing but a NaN that was expected there,
and tolerances follow the size of the expected values, so that zeros never pass for small numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import torch

from course.checks.cell import keep
from course.checks.fault import CheckFailed, error_text, is_error, is_unfilled
from course.checks.message import shape_message, short_text, values_message
from course.checks.plain import PYTHON, Array, NotNumbers, Numbers, bare_tensor, has_class, kind, numbers

# dtype: (relative tolerance of each value, rounding noise as a share of the largest expected value)
TOLERANCES = {
    "float16": (2e-3, 2e-3),
    "bfloat16": (1.6e-2, 1.6e-2),
    "float32": (2e-5, 4e-6),
    "complex64": (2e-5, 4e-6),
    "float64": (1e-7, 1e-11),
}
COARSEST_FIRST = tuple(["bfloat16", "float16", "float32", "complex64", "float64"])
# Accelerators round float32 products more coarsely (TF32 on CUDA has ten bits).
DEVICE_TOLERANCES = {"cuda": (1e-3, 5e-4), "mps": (2e-4, 4e-5)}


def close(
    got: object, expected: object, *, rtol: float | None = None, atol: float | None = None, what: str = ""
) -> None:
    """Passes when `got` has the shape of `expected` and its numbers within tolerance; raises CheckFailed otherwise.

    Args:
        got: the student's value: a number, tensor, array or (nested) list of numbers, of any float dtype and device.
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
        raise CheckFailed(_prefixed(what, shape_message(given.shape, right.shape)))
    wrong = ~_agrees(given, right, rtol, atol)
    if wrong.any():
        raise CheckFailed(_prefixed(what, values_message(given, right, wrong)))


def between(got: object, low: float, high: float, *, what: str = "") -> None:
    """Passes when every number of `got` lies in low..high, ends included; NaN never does."""
    given = _given(got, numbers(0.0), what)
    if given.array.dtype.kind == "c":
        raise CheckFailed(_prefixed(what, "expected real numbers, got complex ones"))
    inside = (given.array >= low) & (given.array <= high)
    if given.array.size == 0 or not inside.all():
        text = short_text(given.array[~inside].reshape(-1)[0].item()) if given.array.size else "no values"
        raise CheckFailed(_prefixed(what, f"expected between {low} and {high}, got {text}"))


def true(condition: object, message: str) -> None:
    """Passes when `condition` is True: a bool, a numpy bool or a tensor of one bool, and nothing else that is merely truthy."""
    try:
        given = numbers(condition)
    except NotNumbers as error:
        raise CheckFailed(f"{message}\nexpected True or False, got {error}") from None
    if not given.is_bool or given.array.size != 1:
        raise CheckFailed(f"{message}\nexpected one True or False, got {kind(condition)}")
    if not given.array.item():
        raise CheckFailed(message)


def shape(got: object, *dims: int | tuple[int | None, ...] | None, what: str = "") -> None:
    """Passes when `got` has these sizes, given one by one or as a tuple; None stands for any size."""
    sizes = dims[0] if len(dims) == 1 and has_class(dims[0], tuple, list) else dims
    expected = tuple(sizes)  # type: ignore[arg-type]
    actual = _given(got, None, what).shape
    agrees = len(actual) == len(expected) and all(e is None or a == e for a, e in zip(actual, expected, strict=True))
    if agrees:
        return
    if None in expected:
        wanted = "(" + ", ".join("any" if size is None else str(size) for size in expected) + ")"
        raise CheckFailed(_prefixed(what, f"expected shape {wanted}, got {actual}"))
    raise CheckFailed(_prefixed(what, shape_message(actual, expected)))  # type: ignore[arg-type]


def dtype(got: object, expected: object, *, what: str = "") -> None:
    """Passes when a tensor or array has the dtype `expected`, or a Python number the type `expected` (int, float, ...)."""
    wanted = _dtype_name(expected)
    if has_class(got, torch.Tensor):
        actual = _dtype_name(bare_tensor(got).dtype)
    elif has_class(got, np.ndarray, np.generic):
        actual = str(np.asarray(got).dtype)
    else:
        actual = type(got).__name__ if type(got) in (bool, int, float, complex, str) else kind(got)
    if actual != wanted:
        raise CheckFailed(_prefixed(what, f"expected dtype {wanted}, got {actual}"))


def raises(
    error: type[BaseException] | tuple[type[BaseException], ...],
    f: Callable[..., object],
    *args: object,
    **kwargs: object,
) -> None:
    """Passes when f(*args) raises the error; an unfilled answer (NotImplementedError, ____) never counts as raising it."""
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
        raise CheckFailed(_prefixed(what, f"expected {_form(expected)}, got {error}")) from None
    if given.is_bool and expected is not None:
        raise CheckFailed(
            _prefixed(what, f"expected {_form(expected)}, got {kind(got)} (True and False are not numbers here)")
        )
    return given


def _form(expected: Numbers | None) -> str:
    if expected is None:
        return "a tensor or array"
    return f"numbers of shape {expected.shape}" if expected.shape else "a number"


def _prefixed(what: str, message: str) -> str:
    return f"{what}: {message}" if what else message


def _dtype_name(value: object) -> str:
    if isinstance(value, torch.dtype):
        return str(value).removeprefix("torch.")
    return value.__name__ if value in (bool, int, float, complex, str) else str(np.dtype(value))  # type: ignore


def _agrees(got: Numbers, expected: Numbers, rtol: float | None, atol: float | None) -> Array:
    """Marks the places where the numbers agree."""
    g, e = got.array, expected.array
    if not got.is_float and not expected.is_float and not rtol and not atol:
        return np.equal(g, e)  # type: ignore[no-any-return]
    relative, noise = _tolerances(got, expected)
    finite = np.isfinite(e)
    if atol is None:
        scale = float(np.max(np.abs(e), where=finite, initial=0.0))
        atol = (noise * scale if scale else noise) if rtol != 0 else 0.0
    with np.errstate(all="ignore"):
        allowed = (relative if rtol is None else rtol) * np.abs(e) + atol
        near = np.isfinite(g) & finite & (np.abs(_minus(g, e)) <= allowed)
    return near | (np.isinf(e) & (g == e)) | (np.isnan(e) & np.isnan(g))  # type: ignore[no-any-return]


def _minus(got: Array, expected: Array) -> Array:
    wide = np.complex128 if "c" in (got.dtype.kind, expected.dtype.kind) else np.float64
    return np.subtract(got.astype(wide), expected.astype(wide))


def _tolerances(got: Numbers, expected: Numbers) -> tuple[float, float]:
    names = {got.dtype, expected.dtype} - {PYTHON}
    name = next((name for name in COARSEST_FIRST if name in names), "float64")
    table = [TOLERANCES[name]]
    if name in ("float32", "complex64"):
        table += [DEVICE_TOLERANCES[d] for d in (got.device, expected.device) if d in DEVICE_TOLERANCES]
    return max(table)
