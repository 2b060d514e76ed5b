"""Tensors as replicas: their numbers, their gradient, the memory that they share and the graph that they hang on.

The fingerprint of a small tensor is all of its bytes; of a large one its version, its place in memory and a sample.
`.data` and numpy views change a tensor without raising its version, so that is not enough alone.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import torch

from course.grading.boundary.codec.arrays import crosses, has_quick_bytes, plain, quick_bytes, tensor_bytes
from course.grading.boundary.codec.blocks import read_block, write_block
from course.grading.boundary.codec.decoder import Reader, ReadOne
from course.grading.boundary.codec.encoder import WriteOne, Writer
from course.grading.boundary.codec.layouts import laid_out, steps_of
from course.grading.boundary.replicas.gradients import Graphs
from course.grading.boundary.replicas.registry import Sync
from course.grading.boundary.replicas.table import Replicas
from course.grading.boundary.transport.wire import WireViolation

_WHOLE_BYTES, _SAMPLES = 4 << 20, 4096
_WHOLE = 3  # dtype, shape, all bytes: what the fingerprint of a small tensor has
_DATA, _GRAD, _NEEDS, _COUNTED = 1, 2, 4, 8


class TensorCodec:
    """How one end writes and reads tensors; `owner` tells whether this end's tensors may cross as views of others."""

    def __init__(self, replicas: Replicas, graphs: Graphs, other: WriteOne, *, owner: bool) -> None:
        self._replicas, self._graphs, self._other, self._owner = replicas, graphs, other, owner
        self.writers: dict[type, WriteOne] = dict.fromkeys((torch.Tensor, torch.nn.Parameter), self.write)
        self.readers: dict[str, ReadOne] = {"tensor": self._read}
        if not owner:
            self.readers["view"] = self._read_view

    def write(self, writer: Writer, value: torch.Tensor) -> None:
        """Write a tensor: known, a view of a known one, or new."""
        if self._replicas.write_known(writer, value):
            return
        if not crosses(value):
            self._other(writer, value)
            return
        home = self._replicas.home_of(value) if self._owner and value.grad_fn is None else None
        replica = self._replicas.own(value, SYNC)
        if home is not None:
            writer.tokens += ("view", replica.key, *home, value.dim(), *value.shape)
            writer.tokens += (value.dim(), *value.stride(), value.requires_grad)
            return
        writer.tokens += ("tensor", replica.key)
        write_block(writer, value, _all_bytes(replica.last_synced))
        writer.tokens += (len(steps := steps_of(value)), *steps)
        writer.tokens += (value.requires_grad, issubclass(type(value), torch.nn.Parameter), value.grad_fn is not None)
        if value.grad_fn is None:
            _write_grad(writer, value)
            return
        number, unshared, inputs = self._graphs.record(value, self._replicas.key_of)
        writer.tokens += (number, unshared, len(inputs), *(part for name in inputs for part in name))

    def _read(self, reader: Reader) -> torch.Tensor:
        key = reader.whole()
        value = laid_out(read_block(reader), reader.ints())
        needs, parameter, has_graph = reader.flag(), reader.flag(), reader.flag()
        if has_graph:
            value = self._joined(reader, value)
        else:
            if parameter and not self._owner:
                value = torch.nn.Parameter(value, requires_grad=needs)
            _set_requires_grad(value, needs)
            _read_grad(reader, value)
        self._replicas.adopt(key, value, SYNC)
        return value

    def _joined(self, reader: Reader, value: torch.Tensor) -> torch.Tensor:
        number, unshared = reader.whole(), reader.flag()
        if not (value.is_floating_point() or value.is_complex()):
            raise WireViolation("a tensor of whole numbers with a graph")
        inputs = []
        for _ in range(reader.count()):
            from_peer, name = reader.flag(), reader.whole()
            source = self._graphs.tensor(name) if from_peer else self._replicas.get(name)
            if type(source) not in (torch.Tensor, torch.nn.Parameter) and not issubclass(type(source), torch.Tensor):
                raise WireViolation("a graph on what is not a tensor")
            inputs.append(source)
        return self._graphs.join(number, unshared, value, inputs)

    def _read_view(self, reader: Reader) -> torch.Tensor:
        key, home, start = reader.whole(), reader.whole(), reader.whole()
        shape, steps, needs = reader.ints(), reader.ints(), reader.flag()
        base = self._replicas.get(home).detach()
        view = base.as_strided(shape, steps, base.storage_offset() + start).requires_grad_(needs)
        self._replicas.adopt(key, view, SYNC)
        return view


def _all_bytes(fingerprint: tuple[Any, ...]) -> bytes | None:
    """The tensor's numbers, where its fingerprint holds them all."""
    numbers: bytes = fingerprint[0][-1]
    return numbers if len(fingerprint[0]) == _WHOLE else None


def _gradient_of(tensor: torch.Tensor) -> torch.Tensor | None:
    """The `.grad` of a leaf; a tensor inside a graph has none that crosses."""
    return tensor.grad if tensor.grad_fn is None else None


def _bits(tensor: torch.Tensor) -> tuple[Any, ...]:
    size = tensor.numel() * tensor.element_size()
    if size <= _WHOLE_BYTES:
        return tensor.dtype, tensor.shape, tensor_bytes(tensor)
    bare = plain(tensor).reshape(-1)
    return (
        tensor.dtype,
        tensor.shape,
        _version(tensor),
        tensor.data_ptr(),
        tensor_bytes(bare[:: bare.numel() // _SAMPLES]),
    )


def _fingerprint(tensor: torch.Tensor) -> tuple[Any, ...]:
    """Numbers, gradient, and whether one is wanted."""
    with torch._C.DisableTorchFunctionSubclass():
        grad = _gradient_of(tensor)
        needs = tensor.grad_fn is None and tensor.requires_grad
        return _bits(tensor), None if grad is None else _bits(grad), needs, _version(tensor)


def _same(new: Any, old: Any) -> bool:
    """Whether nothing changed but, at most, the version."""
    return bool(new[:3] == old[:3])


def _quick(tensor: torch.Tensor, fingerprint: tuple[Any, ...]) -> Callable[[torch.Tensor], bool] | None:
    """A test, several times faster than a fingerprint, of whether the tensor still has it; None where there is none.

    It keeps the tensor's place in memory, not the tensor. Whatever it is not sure of counts as a change.
    """
    (dtype, shape, *data), grad, needs, _ = fingerprint
    if len(fingerprint[0]) != _WHOLE or grad is not None or tensor.grad_fn is not None or not has_quick_bytes(tensor):
        return None
    return partial(
        _unchanged, tensor.data_ptr(), dtype, shape, tensor.stride(), needs, quick_bytes(tensor), data[0]
    )  # not a closure, whose cells lie scattered in memory: all replicas are tested for every message


def _unchanged(
    place: int,
    dtype: torch.dtype,
    shape: torch.Size,
    steps: tuple[int, ...],
    needs: bool,
    read: Callable[[], bytes],
    numbers: bytes,
    tensor: torch.Tensor,
) -> bool:
    return (
        tensor.data_ptr() == place
        and tensor.dtype is dtype
        and tensor.shape == shape
        and tensor.stride() == steps
        and tensor.requires_grad is needs
        and tensor.grad_fn is None
        and tensor.grad is None
        and not tensor.is_neg()
        and read() == numbers
    )


def _version(tensor: torch.Tensor) -> int:
    return 0 if tensor.is_inference() else tensor._version


def _write_change(writer: Writer, tensor: torch.Tensor, new: Any, old: Any) -> None:
    """Write the parts in which the two fingerprints differ."""
    parts = zip((_DATA, _GRAD, _NEEDS, _COUNTED), new, old, strict=True)
    changed = [bit for bit, part, before in parts if part != before]
    writer.put(sum(changed))
    if _DATA in changed:
        write_block(writer, tensor)
    if _NEEDS in changed:
        writer.put(new[2])
    if _GRAD in changed:
        _write_grad(writer, tensor)


def _write_grad(writer: Writer, tensor: torch.Tensor) -> None:
    """Write `.grad`, or that there is none."""
    grad = _gradient_of(tensor)
    fits = grad is not None and grad.shape == tensor.shape and grad.dtype == tensor.dtype
    writer.put(fits)
    if grad is not None and fits:
        write_block(writer, grad)


def _read_grad(reader: Reader, tensor: torch.Tensor) -> None:
    """Set `.grad` to what _write_grad wrote, in place where there is one."""
    if not reader.flag():
        if tensor.grad_fn is None:
            tensor.grad = None
        return
    grad = read_block(reader)
    if grad.shape != tensor.shape or grad.dtype != tensor.dtype:
        raise WireViolation("a gradient of another shape or dtype than its tensor")
    old = _gradient_of(tensor)
    if old is not None and old.layout is torch.strided:
        with torch.no_grad():
            old.copy_(grad)
    elif tensor.grad_fn is None:
        tensor.grad = grad.to(tensor.device)


def _read_change(reader: Reader, tensor: torch.Tensor) -> None:
    """Make the change that _write_change wrote."""
    changed = reader.whole()
    if changed & _DATA:
        _overwrite(tensor, read_block(reader), counted=bool(changed & _COUNTED))
    if changed & _NEEDS:
        _set_requires_grad(tensor, reader.flag())
    if changed & _GRAD:
        _read_grad(reader, tensor)


def _set_requires_grad(tensor: torch.Tensor, needs: bool) -> None:
    """Set requires_grad on a leaf; raise WireViolation for whole numbers."""
    if needs and not (tensor.is_floating_point() or tensor.is_complex()):
        raise WireViolation("a tensor of whole numbers that requires a gradient")
    if tensor.grad_fn is None:
        tensor.requires_grad_(needs)


def _overwrite(tensor: torch.Tensor, new: torch.Tensor, *, counted: bool) -> None:
    """Put the new numbers into the old tensor; replace its memory when it changed shape or cannot be written.

    A change that autograd counted over there is counted here; one through `.data` or numpy is not.
    """
    with torch.no_grad():
        if new.shape == tensor.shape and new.dtype == tensor.dtype:
            try:
                (tensor if counted else tensor.data).copy_(new)
                return
            except RuntimeError:  # an expanded tensor, whose places share memory
                pass
        tensor.data = new.to(tensor.device)


def _keep(tensor: torch.Tensor) -> torch.Tensor:
    """A copy of a tensor's numbers, and of whether they want a gradient."""
    return tensor.detach().clone().requires_grad_(tensor.grad_fn is None and tensor.requires_grad)


def _holds(tensor: torch.Tensor, kept: torch.Tensor) -> bool:
    """Whether a tensor has the numbers, the shape and the dtype that were kept, bit for bit."""
    same = tensor.dtype is kept.dtype and tensor.shape == kept.shape
    return same and tensor_bytes(tensor) == tensor_bytes(kept)


def _restore(tensor: torch.Tensor, kept: torch.Tensor) -> None:
    """Put back the numbers that were kept, as a change that autograd does not see."""
    _overwrite(tensor, kept.detach(), counted=False)
    if tensor.grad_fn is None:
        tensor.requires_grad_(kept.requires_grad)


SYNC = Sync(_fingerprint, _write_change, _read_change, _same, _quick, keep=_keep, restore=_restore, holds=_holds)
