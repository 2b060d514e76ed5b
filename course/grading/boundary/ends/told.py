"""What a student's object has told a test: asked again before anything was done, it has to tell the same.

A test looks at one thing several times (`sorted(y)`, then `zip(y, y[1:])`; `r.q.T @ r.q`, then `r.q @ r.r`) and takes
it for one thing. An object that is something else each time could fulfil each condition by itself, and never all.
Whatever a test does in between (a call, an assignment, a change of a tensor that it has handed over) may change what
an object tells, and so may each step of a loop over another object, which runs the student's code.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgpack
import numpy as np
import torch

from course.grading.boundary.codec.blocks import ByValue, write_array
from course.grading.boundary.codec.encoder import WriteOne, Writer
from course.grading.boundary.transport.wire import WireLimits

Stamp = tuple[int, int]  # how much was done, and how many steps were made in loops over other objects
Answer = tuple[Any, bytes | None]  # an object of the student's, or the digest of data


class NotTheSame(Exception):
    """It told something else before."""


@dataclass
class Told:
    """What one object has told since anything was done.

    Its length is remembered for longer: until it is handed over or asked for a method.

    Attributes:
        length: as it told it last.
        steps: how many of the steps in loops were made over this object, and
        others: how many over others when it was last looked at.
    """

    length: int | None = None
    steps: int = 0
    others: int = 0
    _stamp: Stamp = (-1, -1)
    _answers: dict[object, Answer] = field(default_factory=dict)
    _looped: Stamp = (-1, -1)
    _items: list[Answer] = field(default_factory=list)
    _count: int | None = None

    def answer(self, question: object, value: Any, stamp: Stamp, is_object: bool) -> Any:
        """The value, or the object of the student's that was the answer before; NotTheSame for other data."""
        if self._stamp != stamp:
            self._stamp, self._answers = stamp, {}
        return _agreed(self._answers.setdefault(question, _known(value, is_object)), value, is_object)

    def item(self, place: int, value: Any, stamp: Stamp, is_object: bool) -> Any:
        """The same for the item at a place in a loop."""
        self._renew(stamp)
        if self._count is not None and place >= self._count:
            raise NotTheSame
        if place == len(self._items):
            self._items.append(_known(value, is_object))
        return _agreed(self._items[place], value, is_object)

    def end(self, count: int, stamp: Stamp) -> None:
        """The end of a loop after so many items; NotTheSame where there were more, or fewer, before."""
        self._renew(stamp)
        if count < len(self._items) or (self._count is not None and count != self._count):
            raise NotTheSame
        self._count = count

    def count(self, stamp: Stamp) -> int | None:
        """How many items the last whole loop over it had, if nothing was done since."""
        return self._count if self._looped == stamp else None

    def _renew(self, stamp: Stamp) -> None:
        if self._looped != stamp:
            self._looped, self._items, self._count = stamp, [], None


def _known(value: Any, is_object: bool) -> Answer:
    return (value, None) if is_object else (None, digest(value))


def _agreed(known: Answer, value: Any, is_object: bool) -> Any:
    before, print_before = known
    if is_object:
        return value if before is None else before
    if before is not None or (print_before is not None and print_before != digest(value)):
        raise NotTheSame
    return value


class _NotData(TypeError):
    """Something in a value is no data."""


def _refuse(writer: Writer, value: Any) -> None:
    raise _NotData


def _write_tensor(writer: Writer, value: torch.Tensor) -> None:
    writer.value(ByValue(value.detach()))


def _write_array(writer: Writer, value: np.ndarray[Any, Any]) -> None:
    writer.put("array")
    write_array(writer, value)


_SPECIAL: dict[type, WriteOne] = {
    torch.Tensor: _write_tensor,
    torch.nn.Parameter: _write_tensor,
    np.ndarray: _write_array,
}
_pack: Callable[[Any], bytes] = msgpack.Packer(autoreset=True, unicode_errors="surrogatepass").pack


def digest(value: Any) -> bytes | None:
    """A digest of data, the same for the same data; None where an object of the student's is in it."""
    writer = Writer(WireLimits(), _refuse, _SPECIAL)
    try:
        writer.value(value)
    except (TypeError, ValueError):  # no data, or more than can cross, which has crossed in parts
        return None
    return hashlib.blake2b(_pack(writer.tokens), digest_size=16).digest()
