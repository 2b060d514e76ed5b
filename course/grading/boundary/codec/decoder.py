"""The reading half of the codec: tokens back to values of exact built-in types.

This is the examiner's gate. It believes nothing: every token's type is checked, counts are held against what is left of
the message, depth is counted, keys must be hashable data that do not all share one hash, names must be names.
"""

from __future__ import annotations

import operator
from collections import namedtuple
from collections.abc import Callable
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
import torch

from course.grading.boundary.codec.arrays import DEVICES, DTYPES, build_array, numpy_dtype
from course.grading.boundary.codec.encoder import MAX_FIELDS, MAX_RANGE, is_field
from course.grading.boundary.transport.wire import TOKENS, Token, WireLimits, WireViolation

MAX_RECORD_TYPES, MAX_CLASHES = 200, 1000
_END, _ODD = object(), "a message that ends too early, or has a part of the wrong type"
ReadOne = Callable[["Reader"], Any]


class Reader:
    """Rebuilds values from one message; raises WireViolation at anything an honest end does not send."""

    def __init__(self, tokens: list[Token], limits: WireLimits, special: dict[str, ReadOne]) -> None:
        self._tokens = iter(tokens)
        self._limits, self._special, self._depth = limits, special, 0
        self.record_types: set[tuple[str, tuple[str, ...]]] = set()

    def token(self, kind: type) -> Any:
        """The next token, which must be of this exact type."""
        token = next(self._tokens, _END)
        if type(token) is not kind:
            raise WireViolation(_ODD)
        return token

    def count(self, least: int = 0) -> int:
        """A number of parts, no more than are left in the message."""
        count: int = self.token(int)
        if not least <= count <= operator.length_hint(self._tokens):
            raise WireViolation("a message that claims more parts than it has")
        return count

    def whole(self) -> int:
        """An int in one token."""
        number: int = self.token(int)
        return number

    def text(self) -> str:
        text: str = self.token(str)
        return text

    def flag(self) -> bool:
        flag: bool = self.token(bool)
        return flag

    def ints(self) -> tuple[int, ...]:
        return tuple([self.token(int) for _ in range(self.count())])

    def value(self) -> Any:
        """The next value."""
        token = next(self._tokens, _END)
        if type(token) is not str:
            if type(token) not in TOKENS:
                raise WireViolation(_ODD)
            return token
        read = self._special.get(token) or READERS.get(token)
        self._depth += 1
        if read is None or self._depth > 2 * self._limits.depth + 8:
            raise WireViolation("a value of an unknown kind, or nested too deeply")
        made = read(self)
        self._depth -= 1
        return made

    def values(self) -> list[Any]:
        return [self.value() for _ in range(self.count())]

    def end(self) -> None:
        """Raise WireViolation unless everything was read."""
        if operator.length_hint(self._tokens):
            raise WireViolation("a message with more parts than it should have")


def _read_complex(reader: Reader) -> complex:
    return complex(reader.token(float), reader.token(float))


def _read_int(reader: Reader) -> int:
    return int.from_bytes(reader.token(bytes), "little", signed=True)


def _read_dict(reader: Reader) -> dict[Any, Any]:
    count = reader.count()
    pairs = [(reader.value(), reader.value()) for _ in range(count)]
    check_keys([key for key, _ in pairs])
    return dict(pairs)


def _read_members(reader: Reader) -> list[Any]:
    members = reader.values()
    check_keys(members)
    return members


def check_keys(keys: list[Any]) -> None:
    """Raise WireViolation unless all are hashable data, with hashes that let a dict stay fast."""
    if not all(map(_is_key, keys)):
        raise WireViolation("a dict or set with keys that are not plain data")
    if len(keys) - len(set(map(hash, keys))) > MAX_CLASHES:
        raise WireViolation("a dict or set whose keys share their hashes")


def _is_key(value: Any) -> bool:
    if type(value) in (tuple, frozenset) or type(value).__base__ is tuple:
        return all(map(_is_key, value))
    if type(value) is Decimal:
        return not value.is_snan()  # it has no hash
    return type(value) in _KEYS or isinstance(value, np.generic | Enum | date | timedelta)  # pandas' times as well


_KEYS = frozenset({type(None), bool, int, float, complex, str, bytes, range, type(...), torch.dtype, torch.device})
_KEYS |= {Fraction, time}


def _read_range(reader: Reader) -> range:
    start, stop, step = (_whole_value(reader) for _ in range(3))
    if not step or abs(stop - start) // abs(step) > MAX_RANGE:
        raise WireViolation("a range with step 0, or with more numbers than may cross")
    return range(start, stop, step)


def _whole_value(reader: Reader) -> int:
    value = reader.value()
    if type(value) is not int:
        raise WireViolation("a range that is not of whole numbers")
    return value


def _read_dtype(reader: Reader) -> torch.dtype:
    dtype = DTYPES.get(reader.text())
    if dtype is None:
        raise WireViolation("an unknown dtype")
    return dtype


def _read_device(reader: Reader) -> torch.device:
    kind, _, index = reader.text().partition(":")
    known = kind in DEVICES or kind == "meta"
    if not known or (index and not (index.isascii() and index.isdigit() and len(index) <= 3)):
        raise WireViolation("an unknown device")
    return torch.device(kind, int(index)) if index else torch.device(kind)


def _read_size(reader: Reader) -> torch.Size:
    sizes = reader.ints()
    if any(abs(size) >= 1 << 62 for size in sizes):
        raise WireViolation("a torch.Size out of range")
    return torch.Size(sizes)


def _read_scalar(reader: Reader) -> Any:
    name = reader.token(str)
    return build_array(name, (), reader.token(bytes))[()]


def _read_record(reader: Reader) -> Any:
    """A named tuple of a class made here, so that fields read by name too."""
    name = reader.text()
    fields = tuple(reader.text() for _ in range(reader.count()))
    items = reader.value()
    if type(items) is not tuple or len(items) != len(fields):
        raise WireViolation("a named tuple whose fields and items differ in number")
    kind = _identifier(name), tuple(map(_identifier, fields))
    reader.record_types.add(kind)
    if len(fields) > MAX_FIELDS or len(set(fields)) != len(fields) or len(reader.record_types) > MAX_RECORD_TYPES:
        raise WireViolation("a named tuple with too many fields or the same twice, or too many kinds of them")
    return _record_type(*kind)(*items)


def _identifier(name: str) -> str:
    if not is_field(name):
        raise WireViolation("a named tuple with an invalid name")
    return name


@lru_cache(maxsize=MAX_RECORD_TYPES)
def _record_type(name: str, fields: tuple[str, ...]) -> Any:
    return namedtuple(name, fields)


READERS: dict[str, ReadOne] = {
    "str": Reader.text,
    "int": _read_int,
    "complex": _read_complex,
    "list": Reader.values,
    "tuple": lambda reader: tuple(reader.values()),
    "dict": _read_dict,
    "set": lambda reader: set(_read_members(reader)),
    "frozenset": lambda reader: frozenset(_read_members(reader)),
    "range": _read_range,
    "slice": lambda reader: slice(reader.value(), reader.value(), reader.value()),
    "...": lambda reader: ...,
    "dtype": _read_dtype,
    "device": _read_device,
    "Size": _read_size,
    "scalar": _read_scalar,
    "npdtype": lambda reader: numpy_dtype(reader.text()),
    "record": _read_record,
}
