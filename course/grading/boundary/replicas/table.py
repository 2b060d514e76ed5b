"""The table of replicas: mutable values that were handed across, and their copies on the other side, kept the same.

The end where a value comes from owns the replica. With every message an end sends what it changed in its replicas since
the last one: a tensor's numbers, its `.grad`, a list's items. A replica ends when the side that does not own it holds
it no longer; that side notices while it writes a message, so both ends always agree on which replicas there are.

The examiner's values are exposed this far and no further: the candidate can change what it was handed, as it could in
one kernel, and nothing else.
"""

from __future__ import annotations

import copy
import sys
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch

from course.grading.boundary.codec.arrays import memory_of, place_within, span_of
from course.grading.boundary.codec.decoder import Reader
from course.grading.boundary.codec.encoder import Writer
from course.grading.boundary.replicas.registry import Sync
from course.grading.boundary.transport.wire import WireViolation

_HELD_BY_REPLICA = (
    2  # what sys.getrefcount counts for an object that only its Replica holds: the attribute, the argument
)


@dataclass(slots=True)
class Replica:
    """One value, its key on both sides, and its fingerprint when the sides last agreed."""

    key: int
    value: Any
    sync: Sync
    owned: bool
    last_synced: Any = None
    graph: Any = None  # a tensor's grad_fn when it crossed
    unchanged: Callable[[Any], bool] | None = None  # a fast test that it still has that fingerprint, where there is one

    def agree(self) -> None:
        """Take what the value holds now as what both sides have."""
        self.last_synced = self.sync.fingerprint(self.value)
        quick = self.sync.quick
        self.unchanged = None if quick is None else quick(self.value, self.last_synced)

    def still_held(self) -> bool:
        """Whether anyone but this replica holds the value."""
        if not self.sync.weak:
            return sys.getrefcount(self.value) > _HELD_BY_REPLICA
        watch = weakref.ref(self.value)
        self.value = None
        self.value = watch()
        return self.value is not None


@dataclass(frozen=True)
class Overwritten:
    """A value of this side that the other side changed, and a way to take that back."""

    value: Any
    before: Any  # a copy of what it held
    sync: Sync

    def restore(self) -> None:
        """Make it what it was."""
        self.sync.restore(self.value, self.before)

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Let a list, dict or set be what it was in here, and then again what the other side made of it."""
        theirs = copy.copy(self.value)
        self.restore()
        try:
            yield
        finally:
            if self.sync.holds(self.value, self.before):
                self.sync.restore(self.value, theirs)


@dataclass
class Replicas:
    """All replicas of one end. Keys are even for the examiner's values and odd for the candidate's."""

    next_key: int
    by_key: dict[int, Replica] = field(default_factory=dict)
    keys: dict[int, int] = field(default_factory=dict)  # id of a value: key
    kept: dict[int, tuple[Replica, Any]] | None = None  # how values of this side were before the other changed them
    watched: dict[int, tuple[Replica, Any]] | None = (
        None  # the same of the other side's own values, while it only looks
    )

    def write_known(self, writer: Writer, value: Any) -> bool:
        """Write a value that the other side knows already by its key; False for any other."""
        key = self.key_of(value)
        if key is not None:
            writer.tokens += ("replica", key)
        return key is not None

    def key_of(self, value: Any) -> int | None:
        """The key under which the other side knows this very object, graph and all."""
        key = self.keys.get(id(value))
        if key is not None and isinstance(value, torch.Tensor) and value.grad_fn is not self.by_key[key].graph:
            return None
        return key

    def own(self, value: Any, sync: Sync) -> Replica:
        """A replica for a value of this side."""
        key, self.next_key = self.next_key, self.next_key + 2
        return self._add(Replica(key, value, sync, True))

    def adopt(self, key: int, value: Any, sync: Sync) -> None:
        """Keep the copy of a value that the other side owns."""
        if key in self.by_key or key % 2 == self.next_key % 2 or key < 0:
            raise WireViolation("a replica under a key that is taken")
        self._add(Replica(key, value, sync, False))

    def _add(self, replica: Replica) -> Replica:
        replica.agree()
        replica.graph = replica.value.grad_fn if isinstance(replica.value, torch.Tensor) else None
        self.by_key[replica.key] = replica
        self.keys[id(replica.value)] = replica.key
        return replica

    def get(self, key: int) -> Any:
        """The value under that key; raises WireViolation for one that is not there."""
        return self._replica(key).value

    def _replica(self, key: int) -> Replica:
        replica = self.by_key.get(key)
        if replica is None:
            raise WireViolation("a replica that does not exist")
        return replica

    def remove(self, key: int, *, owned: bool) -> None:
        """End a replica, on the word of the side that does not own it."""
        replica = self._replica(key)
        if replica.owned is not owned:
            raise WireViolation("a replica ended by the side that owns it")
        del self.by_key[key]
        if self.keys.get(id(replica.value)) == key:
            del self.keys[id(replica.value)]

    def undo(self, before: int) -> None:
        """Take back the replicas after the first `before`: the message that told of them was not sent."""
        for replica in list(self.by_key.values())[before:]:
            self.remove(replica.key, owned=replica.owned)

    def released(self) -> Iterator[int]:
        """End the replicas of the other side's values that nothing here holds any more, and yield their keys."""
        for replica in list(self.by_key.values()):
            identity = id(replica.value)
            if not replica.owned and not replica.still_held():
                del self.by_key[replica.key]
                if self.keys.get(identity) == replica.key:
                    del self.keys[identity]
                yield replica.key

    def write_changes(self, writer: Writer, before: int) -> list[tuple[Replica, Any]]:
        """Write what changed in the first `before` replicas; return the new fingerprints, to keep once sent."""
        changes = []
        for replica in list(self.by_key.values())[:before]:
            if replica.unchanged is not None and replica.unchanged(replica.value):
                continue
            new = replica.sync.fingerprint(replica.value)
            if replica.sync.same(new, replica.last_synced):
                replica.unchanged = None if replica.sync.quick is None else replica.sync.quick(replica.value, new)
            else:
                replica.unchanged = None
                old = replica.last_synced
                replica.last_synced = new  # so that a change that cannot cross fails once, and not every time
                writer.put(replica.key)
                writer.enter(replica.value)
                replica.sync.write_change(writer, replica.value, new, old)
                writer.leave(replica.value)
                replica.last_synced = old
                changes.append((replica, new))
        writer.put(-1)
        return changes

    def give_up_changes(self) -> None:
        """Take what is here as agreed, where telling of it is impossible."""
        for replica in self.by_key.values():
            replica.agree()

    def read_changes(self, reader: Reader) -> None:
        """Read the other side's changes and make them here."""
        while (key := reader.whole()) != -1:
            replica = self._replica(key)
            kept = self.kept if replica.owned else self.watched
            if kept is not None and key not in kept and replica.sync.keep is not None:
                kept[key] = replica, replica.sync.keep(replica.value)
            replica.sync.read_change(reader, replica.value)
            replica.agree()

    def overwritten(self) -> list[Overwritten]:
        """The values of this side that hold something else than when this was last asked, by the other side's doing."""
        changed = self.changed()
        if self.kept is not None:
            self.kept.clear()
        return changed

    def changed(self) -> list[Overwritten]:
        """What `overwritten` would say now; it will say so again."""
        return _overwritten(self.kept)

    @contextmanager
    def taken_back(self) -> Iterator[list[Overwritten]]:
        """Take back at the end what the other side has changed of its own values in here, and list it."""
        before, self.watched = self.watched, {}
        changed: list[Overwritten] = []
        try:
            yield changed
        finally:
            changed += _overwritten(self.watched)
            self.watched = before
            for change in changed:
                change.restore()

    def home_of(self, tensor: torch.Tensor) -> tuple[int, int] | None:
        """A replica of this side that shares this tensor's memory, and where in it the tensor starts."""
        memory = memory_of(tensor)
        if memory is None:
            return None
        first, end = span_of(tensor)
        for replica in self.by_key.values():
            base = replica.value
            if not (replica.owned and isinstance(base, torch.Tensor) and base.layout is torch.strided):
                continue
            place = base.data_ptr()
            if place > first or end > place + base.nbytes:  # nearly all of them, which is told fast
                continue
            if memory_of(base) == memory and (start := place_within(tensor, base)) is not None:
                return replica.key, start
        return None


def _overwritten(kept: dict[int, tuple[Replica, Any]] | None) -> list[Overwritten]:
    """Which of the values do not hold what was kept of them."""
    return [
        Overwritten(replica.value, before, replica.sync)
        for replica, before in (kept or {}).values()
        if not replica.sync.holds(replica.value, before)
    ]
