"""How tensors, arrays, containers and generators are handed across as twins: the tags that both ends share."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from course.grading.boundary import kinds
from course.grading.boundary.arrays import array_crosses, crosses
from course.grading.boundary.blocks import (
    Loose,
    read_array,
    read_block,
    read_grad,
    set_requires_grad,
    write_array,
    write_block,
)
from course.grading.boundary.blocks import write_grad as write_gradient
from course.grading.boundary.decoder import Reader, ReadOne
from course.grading.boundary.encoder import WRITERS, WriteOne, Writer
from course.grading.boundary.kinds import KINDS
from course.grading.boundary.link import Link
from course.grading.boundary.wire import WireViolation

_CONTAINERS: dict[type, tuple[str, WriteOne, ReadOne]] = {
    list: ("mutable list", kinds.write_list, lambda reader: reader.values()),
    dict: ("mutable dict", kinds.write_dict, kinds.read_dict),
    set: ("mutable set", kinds.write_set, kinds.read_set),
    torch.Generator: ("generator", kinds.write_generator, lambda r: kinds.read_generator(r, torch.Generator())),
    np.random.Generator: ("pcg", kinds.write_pcg, lambda r: kinds.read_pcg(r, np.random.default_rng())),
}


class Passing:
    """The twins' writers and readers of one end; `owner` tells whether this end's containers become twins."""

    def __init__(self, link: Link, *, owner: bool) -> None:
        self.link, self.owner = link, owner
        link.writers |= {
            torch.Tensor: self.tensor,
            torch.nn.Parameter: self.tensor,
            np.ndarray: self.array,
            Loose: self._loose,
            **{kind: self._container_writer(kind) for kind in _CONTAINERS},
        }
        link.readers |= {
            "twin": lambda reader: link.twins.get(reader.whole()),
            "tensor": self._read_tensor,
            "array": self._read_array,
            "loose": read_block,
        }
        if not owner:
            link.readers |= {tag: self._container_reader(kind) for kind, (tag, _, _) in _CONTAINERS.items()}
            link.readers["view"] = self._read_view

    # Out.
    def tensor(self, writer: Writer, value: torch.Tensor) -> None:
        """Writes a tensor: known, a view of a known one, or new."""
        twins = self.link.twins
        if self._known(writer, value):
            return
        if not crosses(value):
            self.link.write_other(writer, value)
            return
        home = twins.home_of(value) if self.owner and value.grad_fn is None else None
        kind = KINDS[torch.Tensor]
        if home is not None:
            writer.tokens += ("view", twins.own(value, kind).key, *home, value.dim(), *value.shape)
            writer.tokens += (value.dim(), *value.stride(), value.requires_grad)
            return
        twin = twins.own(value, kind)
        writer.tokens += ("tensor", twin.key)
        write_block(writer, value, twin.seen)
        writer.tokens += (value.requires_grad, issubclass(type(value), torch.nn.Parameter), value.grad_fn is not None)
        if value.grad_fn is None:
            write_gradient(writer, value)
            return
        number, loose, inputs = self.link.graphs.record(value, twins.key_of)
        writer.tokens += (number, loose, len(inputs), *(part for name in inputs for part in name))

    def array(self, writer: Writer, value: np.ndarray[Any, Any]) -> None:
        """Writes an array: known or new."""
        if self._known(writer, value):
            return
        if not array_crosses(value):
            self.link.write_other(writer, value)
            return
        writer.tokens += ("array", self.link.twins.own(value, KINDS[np.ndarray]).key, bool(value.flags.writeable))
        write_array(writer, value)

    def _known(self, writer: Writer, value: Any) -> bool:
        key = self.link.twins.key_of(value)
        if key is not None:
            writer.tokens += ("twin", key)
        return key is not None

    def _container_writer(self, kind: type) -> WriteOne:
        tag, write, _ = _CONTAINERS[kind]

        def write_container(writer: Writer, value: Any) -> None:
            writer.check_closed(value)
            if self._known(writer, value):
                return
            if not self.owner:
                WRITERS.get(kind, self.link.write_other)(writer, value)
                return
            writer.enter(value)
            writer.tokens += (tag, self.link.twins.own(value, KINDS[kind]).key)
            write(writer, value)
            writer.leave(value)

        return write_container

    def _loose(self, writer: Writer, value: Loose) -> None:
        writer.put("loose")
        write_block(writer, value.tensor)

    # In.
    def _read_tensor(self, reader: Reader) -> torch.Tensor:
        key = reader.whole()
        value = read_block(reader)
        needs, parameter, has_graph = reader.flag(), reader.flag(), reader.flag()
        if has_graph:
            value = self._joined(reader, value)
        else:
            if parameter and not self.owner:
                value = torch.nn.Parameter(value, requires_grad=needs)
            set_requires_grad(value, needs)
            read_grad(reader, value)
        self.link.twins.adopt(key, value, KINDS[torch.Tensor])
        return value

    def _joined(self, reader: Reader, value: torch.Tensor) -> torch.Tensor:
        number, loose = reader.whole(), reader.flag()
        if not (value.is_floating_point() or value.is_complex()):
            raise WireViolation("a tensor of whole numbers with a graph")
        inputs = []
        for _ in range(reader.count()):
            from_peer, name = reader.flag(), reader.whole()
            source = self.link.graphs.tensor(name) if from_peer else self.link.twins.get(name)
            if type(source) not in (torch.Tensor, torch.nn.Parameter) and not issubclass(type(source), torch.Tensor):
                raise WireViolation("a graph on what is no tensor")
            inputs.append(source)
        return self.link.graphs.join(number, loose, value, inputs)

    def _read_array(self, reader: Reader) -> np.ndarray[Any, Any]:
        key, writeable = reader.whole(), reader.flag()
        value = read_array(reader)
        value.flags.writeable = writeable
        self.link.twins.adopt(key, value, KINDS[np.ndarray])
        return value

    def _read_view(self, reader: Reader) -> torch.Tensor:
        key, home, start = reader.whole(), reader.whole(), reader.whole()
        shape, steps, needs = reader.ints(), reader.ints(), reader.flag()
        base = self.link.twins.get(home).detach()
        view = base.as_strided(shape, steps, base.storage_offset() + start).requires_grad_(needs)
        self.link.twins.adopt(key, view, KINDS[torch.Tensor])
        return view

    def _container_reader(self, kind: type) -> ReadOne:
        _, _, read = _CONTAINERS[kind]

        def read_container(reader: Reader) -> Any:
            key = reader.whole()
            value = read(reader)
            self.link.twins.adopt(key, value, KINDS[kind])
            return value

        return read_container
