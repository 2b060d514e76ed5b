"""The registry of replica types: all that the boundary has to know of a mutable type stands in one entry of it.

Tensors alone have a codec of their own, in `tensors`: they share memory with each other and hang on graphs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from course.grading.boundary.codec.decoder import Reader, ReadOne
from course.grading.boundary.codec.encoder import WriteOne, Writer


@dataclass(frozen=True)
class Sync:
    """How a value and its copy are kept the same.

    Args:
        fingerprint: what tells whether the value has changed.
        write_change: writes a change; gets the writer, the value, and its new and its old fingerprint.
        read_change: makes the change that was written in the copy.
        same: whether two fingerprints are of one state.
        quick: makes a fast test for a fingerprint that stays as it is; None where there is none.
        weak: whether Python allows weak references to it.
        keep: a copy of what it holds; None where any change is meant, as in a generator.
        restore: puts back what was kept.
        holds: whether it holds what was kept.
    """

    fingerprint: Callable[[Any], Any]
    write_change: Callable[[Writer, Any, Any, Any], None]
    read_change: Callable[[Reader, Any], object]
    same: Callable[[Any, Any], bool] = lambda new, old: bool(new == old)
    quick: Callable[[Any, Any], Callable[[Any], bool] | None] | None = None
    weak: bool = True
    keep: Callable[[Any], Any] | None = None
    restore: Callable[[Any, Any], object] = lambda value, kept: None
    holds: Callable[[Any, Any], bool] = lambda value, kept: True


@dataclass(frozen=True)
class ReplicaType:
    """One mutable type that crosses as a replica.

    Args:
        kind: the class; a value of a class derived from it is another type.
        tag: the token that opens such a value in a message.
        encode: writes what it holds; raises TypeError for what cannot cross.
        decode: makes a new value of what was written.
        sync: how the value and its copy are kept the same from then on.
        crosses: whether this very value can cross as data.
        both_ways: whether the candidate's values become replicas as well, and not only the examiner's.
        flat: whether it holds no other values.
    """

    kind: type
    tag: str
    encode: WriteOne
    decode: ReadOne
    sync: Sync
    crosses: Callable[[Any], bool] = lambda value: True
    both_ways: bool = False
    flat: bool = False


REPLICA_TYPES: dict[type, ReplicaType] = {}


def register(entry: ReplicaType) -> None:
    """Let values of that type cross as replicas from now on, at every end made after this."""
    REPLICA_TYPES[entry.kind] = entry
