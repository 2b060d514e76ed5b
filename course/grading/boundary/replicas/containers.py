"""Containers as replicas: list, dict, set, bytearray, Counter, OrderedDict, defaultdict and deque."""

from __future__ import annotations

import copy
import operator
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

from course.grading.boundary.codec.decoder import Reader, ReadOne, check_keys
from course.grading.boundary.codec.encoder import WriteOne, Writer, is_key
from course.grading.boundary.codec.everyday import MAPPINGS, READ, WRITE, fill, pairs_of
from course.grading.boundary.replicas.registry import ReplicaType, Sync, register
from course.grading.boundary.transport.wire import WireViolation


def _same_items(new: Any, old: Any) -> bool:
    return len(new) == len(old) and all(one is other for one, other in zip(new, old, strict=True))


def _holds_items(value: Any, kept: Any) -> bool:
    """Whether two lists or dicts hold the same: the same objects, or plain data that is equal."""
    mine, theirs = (list(_pairs(one)) if isinstance(one, dict) else one for one in (value, kept))
    return len(mine) == len(theirs) and all(map(_alike, mine, theirs))


def _alike(one: Any, other: Any) -> bool:
    plain = type(one) is type(other) and type(one) in (bool, int, float, complex, str, bytes)
    return one is other or (plain and (one == other or (one != one and other != other)))


def _write_list(writer: Writer, value: list[Any]) -> None:
    """Write a list's items."""
    writer.put(list.__len__(value))
    writer.values(list.__iter__(value))


def _pairs(value: dict[Any, Any]) -> tuple[Any, ...]:
    return tuple(pairs_of(value))


def _write_tagged(tag: str, writer: Writer, value: Any) -> None:
    """Write a Counter, OrderedDict, defaultdict, deque or bytearray as plain data; TypeError where it is none."""
    before = len(writer.tokens)
    WRITE[type(value)](writer, copy.copy(value))  # the value itself is being written: this is what it holds
    if writer.tokens[before] != tag:
        raise TypeError(f"a {tag} with keys that are not plain data cannot cross; use names or numbers as keys")


def _read_tagged(tag: str, reader: Reader) -> Any:
    """What _write_tagged wrote."""
    if reader.text() != tag:
        raise WireViolation("a value of another kind than before")
    return READ[tag](reader)


def _write_dict(writer: Writer, value: dict[Any, Any]) -> None:
    """Write a dict's keys and values; raise TypeError when a key is not plain data."""
    if not all(map(is_key, dict.keys(value))):
        raise TypeError("a dict with keys that are not plain data cannot cross; use names or numbers as keys")
    writer.put(dict.__len__(value))
    writer.values(_pairs(value))


def _read_dict(reader: Reader) -> dict[Any, Any]:
    """A new dict from what _write_dict wrote."""
    pairs = [(reader.value(), reader.value()) for _ in range(reader.count())]
    check_keys([key for key, _ in pairs])
    return dict(pairs)


def _write_set(writer: Writer, value: set[Any]) -> None:
    """Write a set's members; raise TypeError when one is not plain data."""
    if not all(map(is_key, value)):
        raise TypeError("a set with members that are not plain data cannot cross; put them in a list")
    writer.put(len(value))
    writer.values(value)


def _read_set(reader: Reader) -> set[Any]:
    """A new set from what _write_set wrote."""
    members = reader.values()
    check_keys(members)
    return set(members)


def _refill_sequence(value: Any, items: Any) -> None:
    value[:] = items


def _refill_mapping(value: dict[Any, Any], items: dict[Any, Any]) -> None:
    value.clear()
    fill(value, items)


def _refill_set(value: set[Any], items: set[Any]) -> None:
    value.clear()
    value.update(items)


def _refill_deque(value: deque[Any], items: deque[Any]) -> None:
    value.clear()
    value.extend(items)


def _register(
    kind: type,
    tag: str,
    write: WriteOne,
    read: ReadOne,
    fingerprint: Callable[[Any], Any],
    refill: Callable[[Any, Any], None],
    same: Callable[[Any, Any], bool] = _same_items,
    holds: Callable[[Any, Any], bool] = _holds_items,
) -> None:
    """Register a container whose change crosses whole: `refill` puts what has come into the value in place."""
    sync = Sync(
        fingerprint,
        lambda writer, value, *_: write(writer, value),
        lambda reader, value: refill(value, read(reader)),
        same,
        weak=False,
        keep=copy.copy,
        restore=refill,
        holds=holds,
    )
    register(ReplicaType(kind, f"mutable {tag}", write, read, sync))


_register(list, "list", _write_list, Reader.values, tuple, _refill_sequence)
_register(dict, "dict", _write_dict, _read_dict, _pairs, _refill_mapping)
_register(set, "set", _write_set, _read_set, frozenset, _refill_set, operator.eq, operator.eq)
for _kind, _tag in MAPPINGS.items():
    _register(_kind, _tag, partial(_write_tagged, _tag), partial(_read_tagged, _tag), _pairs, _refill_mapping)
_register(deque, "deque", partial(_write_tagged, "deque"), partial(_read_tagged, "deque"), tuple, _refill_deque)
_tagged = partial(_write_tagged, "bytearray"), partial(_read_tagged, "bytearray")
_register(bytearray, "bytearray", *_tagged, bytes, _refill_sequence, operator.eq, operator.eq)
