"""Numbers of sympy and mpmath and pandas' times, which cross as plain data and keep their kind.

Only some notebooks use these libraries. A side that has not got one makes the nearest value of Python's or numpy's own.
"""

from __future__ import annotations

import importlib
import sys
from datetime import UTC
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from course.grading.boundary.codec.decoder import READERS, Reader
from course.grading.boundary.codec.encoder import LIBRARIES, WriteOne, Writer
from course.grading.boundary.codec.everyday import BEYOND_DATES, EXPONENT, INT_BITS, read_zone, small_int, write_zone
from course.grading.boundary.transport.wire import WireViolation

_DOUBLE = 53  # the bits of a float's mantissa
_MISSING = ("NaT", "NA")


def _write_sympy(writer: Writer, value: Any) -> None:
    if max(int(value.p).bit_length(), int(value.q).bit_length()) > INT_BITS:
        writer.other(writer, value)
        return
    writer.put("sympy")
    writer.big_int(int(value.p))
    writer.big_int(int(value.q))


def _read_sympy(reader: Reader) -> Any:
    above, below = small_int(reader), small_int(reader)
    if below <= 0:
        raise WireViolation("a fraction whose denominator is not positive")
    try:
        return importlib.import_module("sympy").Rational(above, below)
    except ImportError:
        return above if below == 1 else Fraction(above, below)


def _write_float(tag: str, writer: Writer, value: Any) -> None:
    """Write a number of sympy or mpmath with its mantissa and exponent; infinities and nan have no mantissa."""
    sign, mantissa, exponent, bits = map(int, value._mpf_)
    if bits > INT_BITS or abs(exponent) > EXPONENT or (exponent and not mantissa):
        writer.other(writer, value)
        return
    writer.put(tag)
    writer.big_int(-mantissa if sign else mantissa)
    writer.tokens += (exponent, int(getattr(value, "_prec", _DOUBLE)))


def _read_float(tag: str, reader: Reader) -> Any:
    mantissa, exponent, precision = small_int(reader), reader.whole(), reader.whole()
    if abs(exponent) > EXPONENT or not 0 < precision <= INT_BITS:
        raise WireViolation("a number with an exponent or a precision out of range")
    try:
        mpmath = importlib.import_module("mpmath")
        number = mpmath.libmp.from_man_exp(mantissa, exponent)
        if tag == "mpf":
            return mpmath.mp.make_mpf(number)
        exact = number if mantissa else "0"  # which sympy otherwise makes an integer
        return importlib.import_module("sympy").Float(exact, precision=precision)
    except ImportError:
        return mantissa * Fraction(2) ** exponent


def _write_timestamp(writer: Writer, value: Any) -> None:
    writer.tokens += ("Timestamp", str(value.unit), int(value.asm8.view("i8")))
    write_zone(writer, value)


def _read_timestamp(reader: Reader) -> Any:
    unit, number, zone = reader.text(), reader.whole(), read_zone(reader)
    moment = _moment("M8", unit, number)
    pandas: Any = sys.modules.get("pandas")
    try:
        if pandas is not None:
            return pandas.Timestamp(moment) if zone is None else pandas.Timestamp(moment, tz="UTC").tz_convert(zone)
        plain = moment.astype("M8[us]").item()
        return plain if zone is None else plain.replace(tzinfo=UTC).astimezone(zone)
    except (ValueError, OverflowError):
        raise WireViolation(BEYOND_DATES) from None


def _write_timedelta(writer: Writer, value: Any) -> None:
    writer.tokens += ("Timedelta", str(value.unit), int(value.asm8.view("i8")))


def _read_timedelta(reader: Reader) -> Any:
    length = _moment("m8", reader.text(), reader.whole())
    pandas: Any = sys.modules.get("pandas")
    return pandas.Timedelta(length) if pandas is not None else length.astype("m8[us]").item()


def _moment(kind: str, unit: str, number: int) -> Any:
    """A moment or a span of numpy's; raises WireViolation for none that pandas could have."""
    if unit not in ("s", "ms", "us", "ns") or abs(number) >= 1 << 63:  # the least of them stands for no time at all
        raise WireViolation(BEYOND_DATES)
    return np.array(number).astype(f"{kind}[{unit}]")[()]


def _read_missing(name: str, reader: Reader) -> Any:
    """pandas' mark for what is not there."""
    pandas: Any = sys.modules.get("pandas")
    return getattr(pandas, name) if pandas is not None else None


def _writer_for(kind: type) -> WriteOne | None:
    """The writer for a class of one of the libraries, where this side has imported it."""
    home = kind.__module__.partition(".")[0]
    module = sys.modules.get(home) if home in ("sympy", "mpmath", "pandas") else None
    if module is None:
        return None
    if home == "sympy":
        is_fraction, is_float = issubclass(kind, module.Rational), issubclass(kind, module.Float)
        return _write_sympy if is_fraction else partial(_write_float, "Float") if is_float else None
    if home == "mpmath":
        return partial(_write_float, "mpf") if kind is module.mpf else None
    return _pandas_writer(module, kind)


def _pandas_writer(pandas: Any, kind: type) -> WriteOne | None:
    """The writer for pandas' times and its marks for what is missing."""
    for name in _MISSING:
        if kind is type(getattr(pandas, name)):
            return lambda writer, value: writer.put(name)
    return {pandas.Timestamp: _write_timestamp, pandas.Timedelta: _write_timedelta}.get(kind)


READERS.update({"sympy": _read_sympy, "Timestamp": _read_timestamp, "Timedelta": _read_timedelta})
READERS.update({name: partial(_read_missing, name) for name in _MISSING})
READERS.update({tag: partial(_read_float, tag) for tag in ("Float", "mpf")})
LIBRARIES.append(_writer_for)
