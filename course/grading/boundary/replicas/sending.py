"""How one end hands replicas across: writers by class and readers by tag, made from the registry."""

from __future__ import annotations

from typing import Any

from course.grading.boundary.codec.decoder import Reader, ReadOne
from course.grading.boundary.codec.encoder import WRITERS, WriteOne, Writer
from course.grading.boundary.replicas import containers, generators, ndarrays  # noqa: F401  they register their types
from course.grading.boundary.replicas.gradients import Graphs
from course.grading.boundary.replicas.registry import REPLICA_TYPES, ReplicaType
from course.grading.boundary.replicas.table import Replicas
from course.grading.boundary.replicas.tensors import TensorCodec


class ReplicaCodec:
    """The replicas' writers and readers of one end.

    Args:
        other: what writes a value that cannot cross as data.
        owner: whether this is the examiner's end, whose containers become replicas.
    """

    def __init__(self, replicas: Replicas, graphs: Graphs, other: WriteOne, *, owner: bool) -> None:
        self._replicas, self._other, self._owner = replicas, other, owner
        self.tensors = TensorCodec(replicas, graphs, other, owner=owner)
        types = REPLICA_TYPES.values()
        self.writers: dict[type, WriteOne] = self.tensors.writers | {entry.kind: self._writer(entry) for entry in types}
        self.readers: dict[str, ReadOne] = {
            "replica": lambda reader: replicas.get(reader.whole()),
            **self.tensors.readers,
            **{entry.tag: self._reader(entry) for entry in types if entry.both_ways or not owner},
        }

    def _writer(self, entry: ReplicaType) -> WriteOne:
        becomes_replica = self._owner or entry.both_ways

        def write(writer: Writer, value: Any) -> None:
            writer.check_closed(value)
            if self._replicas.write_known(writer, value):
                return
            if not entry.crosses(value):
                self._other(writer, value)
            elif not becomes_replica:
                WRITERS.get(entry.kind, self._other)(writer, value)
            elif entry.flat:
                self._write_new(entry, writer, value)
            else:
                writer.enter(value)
                self._write_new(entry, writer, value)
                writer.leave(value)

        return write

    def _write_new(self, entry: ReplicaType, writer: Writer, value: Any) -> None:
        writer.tokens += (entry.tag, self._replicas.own(value, entry.sync).key)
        entry.encode(writer, value)

    def _reader(self, entry: ReplicaType) -> ReadOne:
        def read(reader: Reader) -> Any:
            key = reader.whole()
            value = entry.decode(reader)
            self._replicas.adopt(key, value, entry.sync)
            return value

        return read
