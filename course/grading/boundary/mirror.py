"""Twins: a mutable value that was handed across, and its copy on the other side, kept alike.

The end where a value comes from owns the twin. With every message an end sends what it changed in its twins since the
last one: a tensor's numbers, its `.grad`, a list's items. A twin ends when the side that does not own it holds it no
longer; that side notices while it writes a message, so both ends always agree on which twins there are.

The examiner's values are exposed this far and no further: the candidate can change what it was handed, as it could in
one kernel, and nothing else.
"""

from __future__ import annotations

import sys
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import torch

from course.grading.boundary.blocks import memory_of, place_within
from course.grading.boundary.decoder import Reader
from course.grading.boundary.encoder import Writer
from course.grading.boundary.kinds import Kind
from course.grading.boundary.wire import WireViolation

_HELD_BY_TWIN = 2  # what sys.getrefcount counts for an object that only its Twin holds: the attribute, the argument


@dataclass(slots=True)
class Twin:
    """One value, its key on both sides, and how it looked when the sides last agreed."""

    key: int
    value: Any
    kind: Kind
    owned: bool
    seen: Any = None
    graph: Any = None  # a tensor's grad_fn when it crossed
    unchanged: Callable[[Any], bool] | None = None  # a fast test that it looks as seen, where there is one

    def agree(self) -> None:
        """Takes how the value looks now as what both sides have."""
        self.seen = self.kind.look(self.value)
        quick = self.kind.quick
        self.unchanged = None if quick is None else quick(self.value, self.seen)

    def still_held(self) -> bool:
        """Whether anyone but this twin holds the value."""
        if not self.kind.weak:
            return sys.getrefcount(self.value) > _HELD_BY_TWIN
        watch = weakref.ref(self.value)
        self.value = None
        self.value = watch()
        return self.value is not None


@dataclass
class Twins:
    """All twins of one end. Keys are even for the examiner's values and odd for the candidate's."""

    next_key: int
    by_key: dict[int, Twin] = field(default_factory=dict)
    keys: dict[int, int] = field(default_factory=dict)  # id of a value: key

    def key_of(self, value: Any) -> int | None:
        """The key under which the other side knows this very object, graph and all."""
        key = self.keys.get(id(value))
        if key is not None and isinstance(value, torch.Tensor) and value.grad_fn is not self.by_key[key].graph:
            return None
        return key

    def own(self, value: Any, kind: Kind) -> Twin:
        """A twin for a value of this side."""
        key, self.next_key = self.next_key, self.next_key + 2
        return self._add(Twin(key, value, kind, True))

    def adopt(self, key: int, value: Any, kind: Kind) -> None:
        """Keeps the copy of a value that the other side owns."""
        if key in self.by_key or key % 2 == self.next_key % 2 or key < 0:
            raise WireViolation("a twin under a key that is taken")
        self._add(Twin(key, value, kind, False))

    def _add(self, twin: Twin) -> Twin:
        twin.agree()
        twin.graph = twin.value.grad_fn if isinstance(twin.value, torch.Tensor) else None
        self.by_key[twin.key] = twin
        self.keys[id(twin.value)] = twin.key
        return twin

    def get(self, key: int) -> Any:
        """The value under that key; raises WireViolation for one that is not there."""
        return self._twin(key).value

    def _twin(self, key: int) -> Twin:
        twin = self.by_key.get(key)
        if twin is None:
            raise WireViolation("a twin that does not exist")
        return twin

    def remove(self, key: int, *, owned: bool) -> None:
        """Ends a twin, on the word of the side that does not own it."""
        twin = self._twin(key)
        if twin.owned is not owned:
            raise WireViolation("a twin ended by the side that owns it")
        del self.by_key[key]
        if self.keys.get(id(twin.value)) == key:
            del self.keys[id(twin.value)]

    def undo(self, before: int) -> None:
        """Takes back the twins after the first `before`: the message that told of them was not sent."""
        for twin in list(self.by_key.values())[before:]:
            self.remove(twin.key, owned=twin.owned)

    def released(self) -> Iterator[int]:
        """Ends the twins of the other side's values that nothing here holds any more, and yields their keys."""
        for twin in list(self.by_key.values()):
            identity = id(twin.value)
            if not twin.owned and not twin.still_held():
                del self.by_key[twin.key]
                if self.keys.get(identity) == twin.key:
                    del self.keys[identity]
                yield twin.key

    def write_changes(self, writer: Writer, before: int) -> list[tuple[Twin, Any]]:
        """Writes what changed in the first `before` twins; returns the new looks, to keep once the message is out."""
        looks = []
        for twin in list(self.by_key.values())[:before]:
            if twin.unchanged is not None and twin.unchanged(twin.value):
                continue
            look = twin.kind.look(twin.value)
            if twin.kind.same(look, twin.seen):
                twin.unchanged = None if twin.kind.quick is None else twin.kind.quick(twin.value, look)
            else:
                twin.unchanged = None
                old, twin.seen = twin.seen, look  # so that a change that cannot cross fails once, and not every time
                writer.put(twin.key)
                writer.enter(twin.value)
                twin.kind.write_change(writer, twin.value, look, old)
                writer.leave(twin.value)
                twin.seen = old
                looks.append((twin, look))
        writer.put(-1)
        return looks

    def give_up_changes(self) -> None:
        """Takes what is here as agreed, where telling of it is impossible."""
        for twin in self.by_key.values():
            twin.agree()

    def read_changes(self, reader: Reader) -> None:
        """Reads the other side's changes and makes them here."""
        while (key := reader.whole()) != -1:
            twin = self._twin(key)
            twin.kind.read_change(reader, twin.value)
            twin.agree()

    def home_of(self, tensor: torch.Tensor) -> tuple[int, int] | None:
        """A twin of this side that shares this tensor's memory, and where in it the tensor starts."""
        memory = memory_of(tensor)
        if memory is None:
            return None
        for twin in self.by_key.values():
            if twin.owned and isinstance(twin.value, torch.Tensor) and memory_of(twin.value) == memory:
                start = place_within(tensor, twin.value)
                if start is not None:
                    return twin.key, start
        return None
