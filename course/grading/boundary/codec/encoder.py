"""The writing half of the codec: values to a flat run of tokens.

A number, None or bytes is its own token; everything else begins with a text token that says what follows. Classes
derived from the built-in ones are written by their base's own methods, so that nothing they override is asked. What is
not data (references, replicas, callables) is left to `other`, which each end brings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from keyword import iskeyword
from typing import Any

import numpy as np
import torch

from course.grading.boundary.codec.arrays import DEVICES, DTYPE_NAMES, array_crosses
from course.grading.boundary.transport.wire import Token, TooLarge, WireLimits

MAX_FIELDS, _MAX_NAME = 64, 100
MAX_RANGE = 10_000_000
_SMALL = 1 << 63
WriteOne = Callable[["Writer", Any], None]


class Writer:
    """Collects the tokens of one message; `other` writes what is not data, or raises TypeError."""

    def __init__(self, limits: WireLimits, other: WriteOne, special: dict[type, WriteOne]) -> None:
        self.tokens: list[Token] = []
        self.put = self.tokens.append
        self.other = other
        self._limits, self._special = limits, special
        self._open: set[int] = set()
        self._bytes = 0

    def value(self, value: Any) -> None:
        """Write any value; raise TooLarge, TypeError, or ValueError for a value that contains itself."""
        kind = type(value)
        write = self._special.get(kind) or WRITERS.get(kind) or _unusual
        write(self, value)

    def values(self, values: Iterable[Any]) -> None:
        for value in values:
            self.value(value)

    def payload(self, data: bytes) -> None:
        """Write bytes, counted against the cap before they are packed."""
        self._bytes += len(data)
        if self._bytes > self._limits.frame_bytes:
            raise TooLarge(f"a value of more than {self._limits.frame_bytes} bytes cannot cross; return a smaller one")
        self.put(data)

    def payload_text(self, text: str) -> None:
        """Write text, counted against the cap before it is packed."""
        self._bytes += len(text)
        if self._bytes > self._limits.frame_bytes:
            raise TooLarge(f"a value of more than {self._limits.frame_bytes} bytes cannot cross; return a smaller one")
        self.put(text)

    def nested(self, value: Any, tag: str, items: Iterable[Any], count: int) -> None:
        """Write a container: tag, count, items."""
        if len(self.tokens) + count > self._limits.nodes:
            raise TooLarge(f"a value of more than {self._limits.nodes} parts cannot cross; return a tensor or an array")
        self.enter(value)
        self.put(tag)
        self.put(count)
        for item in items:
            self.value(item)
        self.leave(value)

    def enter(self, value: Any) -> None:
        """Count the depth, and refuse a value inside itself; what is written until `leave` is inside this one."""
        if len(self._open) >= self._limits.depth:
            raise TooLarge(f"a value nested more than {self._limits.depth} deep cannot cross")
        self.check_closed(value)
        self._open.add(id(value))

    def leave(self, value: Any) -> None:
        """The end of what is inside the value."""
        self._open.discard(id(value))

    def check_closed(self, value: Any) -> None:
        """Raise ValueError when the value is being written already."""
        if id(value) in self._open:
            raise ValueError(f"a {type(value).__name__} that contains itself cannot cross; return it without the cycle")

    def big_int(self, value: int) -> None:
        """Write an int of any size up to the cap."""
        if -_SMALL <= value < _SMALL:
            self.put(value)
            return
        size = value.bit_length() // 8 + 1
        if size > self._limits.int_bytes:
            raise TooLarge(f"an int of {size} bytes cannot cross, the cap is {self._limits.int_bytes}")
        self.put("int")
        self.payload(value.to_bytes(size, "little", signed=True))


def _write_str(writer: Writer, value: str) -> None:
    writer.put("str")
    writer.payload_text(str.__str__(value))


def _write_complex(writer: Writer, value: complex) -> None:
    value = complex.__complex__(value)
    writer.tokens += ("complex", value.real, value.imag)


def _write_list(writer: Writer, value: list[Any]) -> None:
    writer.nested(value, "list", list.__iter__(value), list.__len__(value))


def _write_tuple(writer: Writer, value: tuple[Any, ...]) -> None:
    writer.nested(value, "tuple", tuple.__iter__(value), tuple.__len__(value))


def _write_dict(writer: Writer, value: dict[Any, Any]) -> None:
    if not all(map(is_key, dict.keys(value))):
        writer.other(writer, value)
        return
    writer.nested(value, "dict", (part for item in dict.items(value) for part in item), dict.__len__(value))


def _write_set(writer: Writer, value: set[Any] | frozenset[Any]) -> None:
    base: Any = set if issubclass(type(value), set) else frozenset
    if all(map(is_key, base.__iter__(value))):
        writer.nested(value, base.__name__, base.__iter__(value), base.__len__(value))
    else:
        writer.other(writer, value)


def _write_range(writer: Writer, value: range) -> None:
    if abs(value.stop - value.start) // abs(value.step) > MAX_RANGE:  # small here, but not for whoever makes it a list
        raise TooLarge(f"a range of more than {MAX_RANGE} numbers cannot cross; return a shorter one")
    writer.put("range")
    for part in (value.start, value.stop, value.step):
        writer.big_int(part)


def _write_slice(writer: Writer, value: slice) -> None:
    writer.put("slice")
    writer.values((value.start, value.stop, value.step))


def _write_dtype(writer: Writer, value: torch.dtype) -> None:
    if value in DTYPE_NAMES:
        writer.tokens += ("dtype", DTYPE_NAMES[value])
    else:
        writer.other(writer, value)


def _write_device(writer: Writer, value: torch.device) -> None:
    if value.type not in DEVICES | {"meta"}:
        writer.other(writer, value)
        return
    writer.tokens += ("device", str(value))


def _write_size(writer: Writer, value: torch.Size) -> None:
    writer.tokens += ("Size", len(value), *map(int, value))


WRITERS: dict[type, WriteOne] = {
    **dict.fromkeys((type(None), bool, float), lambda writer, value: writer.put(value)),
    int: Writer.big_int,
    bytes: Writer.payload,
    str: _write_str,
    complex: _write_complex,
    list: _write_list,
    tuple: _write_tuple,
    dict: _write_dict,
    set: _write_set,
    frozenset: _write_set,
    range: _write_range,
    slice: _write_slice,
    type(Ellipsis): lambda writer, value: writer.put("..."),
    torch.dtype: _write_dtype,
    torch.device: _write_device,
    torch.Size: _write_size,
}


def is_field(name: str) -> bool:
    """Whether it may be the name of a field of a named tuple."""
    fits = len(name) <= _MAX_NAME and name.isascii() and name.isidentifier()
    return fits and not name.startswith("_") and not iskeyword(name)


def is_key(value: Any) -> bool:
    """Whether the value is hashable data, so that it may be a key on the other side."""
    kind = type(value)
    if issubclass(kind, tuple | frozenset):
        return all(map(is_key, value))
    return value is None or issubclass(kind, _KEYS) or (issubclass(kind, _SOME_KEYS) and _is_data(value))


def _is_data(value: Any) -> bool:
    """Whether it is written as what it is, and not left to `other`: a class of the student's, or a number too long."""

    def refuse(writer: Writer, value: Any) -> None:
        raise TypeError

    try:
        Writer(WireLimits(), refuse, {}).value(value)
    except (TypeError, TooLarge):
        return False
    return True


_KEYS = (bool, int, float, complex, str, bytes, range)
_SOME_KEYS = (np.generic, torch.dtype, torch.device, Fraction, Decimal, date, time, timedelta, Enum)
LIBRARIES: list[Callable[[type], WriteOne | None]] = []  # who may know how to write a class that is of none of these


def _unusual(writer: Writer, value: Any) -> None:
    """Numpy scalars, and classes derived from the built-in ones; the rest is the end's own business."""
    kind = type(value)
    if issubclass(kind, np.generic) and array_crosses(value):
        writer.tokens += ("scalar", value.dtype.str, value.tobytes())
    elif issubclass(kind, np.dtype) and array_crosses(np.empty(0, value)):
        writer.tokens += ("npdtype", value.str)
    elif (write := next(filter(None, (ask(kind) for ask in LIBRARIES)), None)) is not None:
        write(writer, value)
    elif issubclass(kind, int):
        writer.big_int(int.__index__(value))
    elif issubclass(kind, float):
        writer.put(float.__float__(value))
    elif issubclass(kind, bytes):
        writer.payload(bytes.__bytes__(value))
    elif issubclass(kind, tuple) and _field_names(kind):
        _write_record(writer, value)
    else:
        base = next((base for base in _BASES if issubclass(kind, base)), None)
        write = writer.other if base is None or _has_own_methods(kind, base) else WRITERS[base]
        write(writer, value)


_BASES = (str, complex, list, tuple, dict, set, frozenset)


def _has_own_methods(kind: type, base: type) -> bool:
    """Whether a notebook's own container class offers more than its base: then its object is worth a reference."""
    if base in (str, complex) or kind.__module__ != "__main__":
        return False
    names = {name for cls in kind.__mro__ for name in vars(cls)} - set(vars(base))
    return any(not name.startswith("_") or name == "__missing__" for name in names)


def _field_names(kind: type) -> tuple[str, ...]:
    """The fields of a named tuple, or of one of torch's own return types."""
    names = getattr(kind, "_fields", None) or (
        getattr(kind, "__match_args__", None) if hasattr(kind, "n_fields") else None
    )
    return names if isinstance(names, tuple) and all(type(name) is str for name in names) else ()


def _write_record(writer: Writer, value: tuple[Any, ...]) -> None:
    names, items = _field_names(type(value)), tuple(tuple.__iter__(value))
    name = type(value).__name__.lstrip("_")
    if len(names) != len(items) or not 0 < len(names) <= MAX_FIELDS or not all(map(is_field, (name, *names))):
        _write_tuple(writer, value)
        return
    writer.tokens += ("record", name, len(names), *names)
    writer.nested(value, "tuple", items, len(items))
