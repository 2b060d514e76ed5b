"""Everyday values of the standard library and of numpy that cross as plain data and keep their kind.

Each is rebuilt from numbers and text as the exact class that it is of: nothing is pickled, and no class of the
student's is ever made here. Sizes are capped: comparing or printing a number may take long where reading it does not.
"""

from __future__ import annotations

import contextlib
import enum
import re
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache, partial
from pathlib import PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from course.grading.boundary.codec.arrays import array_bytes, array_crosses, build_array
from course.grading.boundary.codec.decoder import READERS, Reader, check_keys
from course.grading.boundary.codec.encoder import LIBRARIES, WRITERS, WriteOne, Writer, is_key
from course.grading.boundary.transport.wire import WireViolation

INT_BITS, EXPONENT, _TEXT, _MEMBERS = 4096, 10_000, 1000, 200
_DECIMAL = re.compile(r"-?(\d+(\.\d*)?|\.\d+)(E[+-]?\d{1,5})?|-?Infinity|-?s?NaN\d*")
_ZONE = re.compile(r"[A-Za-z][\w+-]{0,40}(/[\w+-]{1,40}){0,3}", re.ASCII)
_NAME = re.compile(r"[A-Za-z]\w{0,99}", re.ASCII)
FACTORIES = {kind.__name__: kind for kind in (int, float, complex, bool, str, bytes, list, tuple, dict, set, frozenset)}
BEYOND_DATES = "a date or time out of range"


# Numbers.
def _write_fraction(writer: Writer, value: Fraction) -> None:
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > INT_BITS:
        writer.other(writer, value)
        return
    writer.put("Fraction")
    writer.big_int(value.numerator)
    writer.big_int(value.denominator)


def _read_fraction(reader: Reader) -> Fraction:
    above, below = small_int(reader), small_int(reader)
    if below <= 0:
        raise WireViolation("a fraction whose denominator is not positive")
    return Fraction(above, below)


def _write_decimal(writer: Writer, value: Decimal) -> None:
    text = str(value)
    if len(text) <= _TEXT and _fits(value):
        writer.tokens += ("Decimal", text)
    else:
        writer.other(writer, value)


def _read_decimal(reader: Reader) -> Decimal:
    text = reader.text()
    if len(text) > _TEXT or not text.isascii() or not _DECIMAL.fullmatch(text) or not _fits(Decimal(text)):
        raise WireViolation("a decimal number that cannot be read")
    return Decimal(text)


def _fits(value: Decimal) -> bool:
    return not value.is_finite() or abs(value.adjusted()) <= EXPONENT


def small_int(reader: Reader) -> int:
    """A whole number that is not too long to be compared or printed; raises WireViolation at anything else."""
    value = reader.value()
    if type(value) is not int or value.bit_length() > INT_BITS:
        raise WireViolation("an invalid integer, or one that is too large")
    return value


# Dates.
def _write_date(writer: Writer, value: date) -> None:
    writer.tokens += ("date", value.toordinal())


def _read_date(reader: Reader) -> date:
    return _dated(date.fromordinal, reader.whole())


def _write_datetime(writer: Writer, value: datetime) -> None:
    parts = value.year, value.month, value.day, value.hour, value.minute, value.second, value.microsecond, value.fold
    writer.tokens += ("datetime", *parts)
    write_zone(writer, value)


def _read_datetime(reader: Reader) -> datetime:
    *parts, fold = [reader.whole() for _ in range(8)]
    return _dated(datetime, *parts, tzinfo=read_zone(reader), fold=fold)


def _write_time(writer: Writer, value: time) -> None:
    writer.tokens += ("time", value.hour, value.minute, value.second, value.microsecond, value.fold)
    write_zone(writer, value)


def _read_time(reader: Reader) -> time:
    *parts, fold = [reader.whole() for _ in range(5)]
    return _dated(time, *parts, tzinfo=read_zone(reader), fold=fold)


def _write_timedelta(writer: Writer, value: timedelta) -> None:
    writer.tokens += ("timedelta", value.days, value.seconds, value.microseconds)


def _read_timedelta(reader: Reader) -> timedelta:
    return _dated(timedelta, *[reader.whole() for _ in range(3)])


def write_zone(writer: Writer, value: datetime | time) -> None:
    """Write whether a moment has a time zone, and of that the key, the name and the offset then in microseconds.

    A zone of pytz that was put into a moment as it is has an offset of long ago, and none of its key's.
    """
    zone, offset = value.tzinfo, value.utcoffset()
    writer.put(zone is not None)
    if zone is None:
        return
    name = None
    with contextlib.suppress(NotImplementedError):  # a class of the student's need not have one
        name = value.tzname()
    key = zone.key if type(zone) is ZoneInfo else getattr(zone, "zone", None)  # pytz calls it so
    key = key if type(key) is str and _offset_in(key, value) == offset else ""
    named = name is not None and (offset is None or name != timezone(offset).tzname(None))
    writer.tokens += (key, name[:_MEMBERS] if named and name else "")
    writer.put(None if offset is None else offset // timedelta(microseconds=1))


def read_zone(reader: Reader) -> tzinfo | None:
    """The zone of that key where this machine knows it, or else one with the offset that it had then."""
    if not reader.flag():
        return None
    key, name, microseconds = reader.text(), reader.text(), reader.value()
    if type(microseconds) not in (int, type(None)) or len(name) > _MEMBERS:
        raise WireViolation(BEYOND_DATES)
    if (known := _zone(key)) is not None:
        return known
    offset: timedelta = _dated(timedelta, microseconds=microseconds or 0)
    zone: timezone = _dated(timezone, *((offset, name) if name else (offset,)))
    return zone


def _zone(key: str) -> ZoneInfo | None:
    with contextlib.suppress(ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(key) if _ZONE.fullmatch(key) else None
    return None


def _offset_in(key: str, value: datetime | time) -> timedelta | None:
    return value.replace(tzinfo=_zone(key)).utcoffset()


def _dated(make: Callable[..., Any], *parts: int | str | timedelta, **more: Any) -> Any:
    try:
        return make(*parts, **more)
    except (ValueError, OverflowError, TypeError):
        raise WireViolation(BEYOND_DATES) from None


# Containers.
def pairs_of(value: dict[Any, Any]) -> list[Any]:
    """Keys and values in turn, in the order in which the dict shows them, whatever its class overrides."""
    items = OrderedDict.items(value) if type(value) is OrderedDict else dict.items(value)
    return [part for item in items for part in item]


def write_mapping(tag: str, writer: Writer, value: dict[Any, Any]) -> None:
    """Write a Counter, an OrderedDict or a defaultdict."""
    if not all(map(is_key, dict.keys(value))):
        writer.other(writer, value)
        return
    factory = value.default_factory if type(value) is defaultdict else None
    writer.nested(value, tag, [factory_name(factory), *pairs_of(value)], 1 + 2 * len(value))


def read_mapping(kind: type, reader: Reader) -> dict[Any, Any]:
    """A new Counter, OrderedDict or defaultdict of what write_mapping wrote."""
    first, *parts = reader.values() or [False]
    if len(parts) % 2 or type(first) not in (str, type(None)):
        raise WireViolation("a dict whose keys and values differ in number")
    check_keys(parts[::2])
    return made_mapping(kind, first, list(zip(parts[::2], parts[1::2], strict=True)))


def made_mapping(kind: type, factory: Any, items: list[tuple[Any, Any]]) -> dict[Any, Any]:
    """A mapping of that class; of a factory that is none of Python's own classes nothing is left."""
    made: dict[Any, Any] = defaultdict(FACTORIES.get(factory)) if kind is defaultdict else kind()
    fill(made, items)
    return made


def fill(value: dict[Any, Any], items: Any) -> None:
    """Put the items into an empty mapping, as they are: a Counter would count them."""
    dict.update(value, items) if type(value) is Counter else value.update(items)


def factory_name(factory: Any) -> str | None:
    """The name of a default factory that is one of Python's own classes."""
    return next((name for name, kind in FACTORIES.items() if kind is factory), None)


def write_deque(writer: Writer, value: deque[Any]) -> None:
    """Write a deque with its greatest length."""
    writer.nested(value, "deque", [value.maxlen, *deque.__iter__(value)], 1 + len(value))


def read_deque(reader: Reader) -> deque[Any]:
    """A new deque of what write_deque wrote."""
    most, *items = reader.values() or [False]
    if not (most is None or (type(most) is int and len(items) <= most < 1 << 31)):
        raise WireViolation("a deque that is longer than it may be")
    return deque(items, most)


def _write_bytearray(writer: Writer, value: bytearray) -> None:
    writer.put("bytearray")
    writer.payload(bytes(value))


# Arrays with a mask, paths, members of an enumeration.
def _write_masked(writer: Writer, value: Any) -> None:
    data, mask = np.asarray(value.data), np.ma.getmaskarray(value)
    if type(data) is not np.ndarray or not array_crosses(data):
        writer.other(writer, value)
        return
    writer.tokens += ("masked", data.dtype.str, data.ndim, *map(int, data.shape))
    writer.payload(array_bytes(data))
    writer.payload(array_bytes(mask))


def read_masked(reader: Reader) -> Any:
    """A new masked array of what _write_masked wrote."""
    name, shape = reader.text(), reader.ints()
    data, mask = build_array(name, shape, reader.token(bytes)), build_array("|b1", shape, reader.token(bytes))
    return np.ma.MaskedArray(data, mask)


def _write_matrix(writer: Writer, value: Any) -> None:
    data = np.asarray(value)
    if not array_crosses(data):
        writer.other(writer, value)
        return
    writer.tokens += ("matrix", data.dtype.str, data.ndim, *map(int, data.shape))
    writer.payload(array_bytes(data))


def _read_matrix(reader: Reader) -> Any:
    array = build_array(reader.text(), reader.ints(), reader.token(bytes))
    if array.ndim != 2:
        raise WireViolation("a matrix that does not have two axes")
    return array.view(np.matrix)


def _read_path(reader: Reader) -> PurePosixPath:
    return PurePosixPath(_path_text(reader))


def _path_text(reader: Reader) -> str:
    text = reader.text()
    if len(text) > 4 * _TEXT or "\0" in text:
        raise WireViolation("a path that is too long, or that no file can have")
    return text


class StudentsPath(PurePosixPath):
    """A path that the student's code returned: its parts are data, its file lies on the student's side.

    So `name`, `parent` and `==` are decided here, and `exists`, `read_text` or `open` are asked of the student's side.
    """

    __slots__ = ("reference",)
    reference: Any

    @classmethod
    def read(cls, reader: Reader) -> StudentsPath:
        """A path, and the student's own object for it."""
        made = cls(_path_text(reader))
        made.reference = reader.value()
        return made

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # pathlib's own
            raise AttributeError(name)
        return getattr(object.__getattribute__(self, "reference"), name)


def _write_member(writer: Writer, value: enum.Enum) -> None:
    kind = type(value)
    members = {name: member._value_ for name, member in kind.__members__.items()}
    named = _NAME.fullmatch(kind.__name__) and all(map(_NAME.fullmatch, members)) and len(members) <= _MEMBERS
    if (
        not named
        or issubclass(kind, enum.Flag)
        or value._name_ not in members
        or not all(map(is_key, members.values()))
    ):
        writer.other(writer, value)
        return
    writer.tokens += ("member", kind.__name__, value._name_, len(members), *members)
    writer.values(members.values())


def read_member(find: Callable[[str], Any], reader: Reader) -> enum.Enum:
    """A member of an enumeration: of the one that this side knows by that name, or of one that is made here."""
    kind, name = reader.text(), reader.text()
    names = tuple(reader.text() for _ in range(reader.count(1)))
    values = tuple(reader.value() for _ in names)
    if name not in names or len(set(names)) != len(names) or len(names) > _MEMBERS:
        raise WireViolation("a member that its enumeration does not have, or too many members")
    if not all(map(_NAME.fullmatch, (kind, *names))):
        raise WireViolation("a member of an enumeration with an invalid name")
    check_keys(list(values))
    known = find(kind)
    if issubclass(type(known), enum.EnumMeta) and tuple(known.__members__) == names:
        return known[name]
    return _enumeration(kind, names, values, tuple(map(type, values)))[name]


@lru_cache(maxsize=200)
def _enumeration(kind: str, names: tuple[str, ...], values: tuple[Any, ...], types: tuple[type, ...]) -> Any:
    """One class for each enumeration, so that its members are themselves whenever they come; 1 and True are two."""
    try:
        return enum.Enum(kind, list(zip(names, values, strict=True)))
    except (ValueError, TypeError, AttributeError):
        raise WireViolation("an enumeration that cannot be made") from None


MAPPINGS: dict[type, str] = {Counter: "Counter", OrderedDict: "OrderedDict", defaultdict: "defaultdict"}
WRITE: dict[type, WriteOne] = {
    Fraction: _write_fraction,
    Decimal: _write_decimal,
    date: _write_date,
    datetime: _write_datetime,
    time: _write_time,
    timedelta: _write_timedelta,
    deque: write_deque,
    bytearray: _write_bytearray,
    np.ma.MaskedArray: _write_masked,
    np.matrix: _write_matrix,
    type(np.ma.masked): lambda writer, value: writer.put("is masked"),
    PurePosixPath: lambda writer, value: writer.tokens.extend(("path", str(value))),
    **{kind: partial(write_mapping, tag) for kind, tag in MAPPINGS.items()},
}
READ: dict[str, Callable[[Reader], Any]] = {
    "Fraction": _read_fraction,
    "Decimal": _read_decimal,
    "date": _read_date,
    "datetime": _read_datetime,
    "time": _read_time,
    "timedelta": _read_timedelta,
    "deque": read_deque,
    "bytearray": lambda reader: bytearray(reader.token(bytes)),
    "masked": read_masked,
    "matrix": _read_matrix,
    "is masked": lambda reader: np.ma.masked,
    "path": _read_path,
    "member": partial(read_member, lambda name: None),
    **{tag: partial(read_mapping, kind) for kind, tag in MAPPINGS.items()},
}


def _writer_for(kind: type) -> WriteOne | None:
    """The writer for members of enumerations."""
    return _write_member if issubclass(kind, enum.Enum) and not issubclass(kind, int | str | float) else None


WRITERS.update(WRITE)
READERS.update(READ)
LIBRARIES.append(_writer_for)
