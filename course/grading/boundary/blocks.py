"""Tensors and arrays as twins: how they are looked at, sent, and changed in place.

A look is what tells whether a value changed: all bytes of a small tensor; of a large one its version, its place in
memory and a sample. `.data` and numpy views change a tensor without raising its version, so that is not enough alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch

from course.grading.boundary.arrays import (
    DTYPE_NAMES,
    array_bytes,
    build_array,
    build_tensor,
    device_of,
    has_quick_bytes,
    plain,
    quick_bytes,
    tensor_bytes,
)
from course.grading.boundary.decoder import Reader
from course.grading.boundary.encoder import Writer
from course.grading.boundary.wire import WireViolation

_WHOLE_BYTES, _SAMPLES = 4 << 20, 4096
_WHOLE_LOOK = 3  # dtype, shape, all bytes: what the look at a small tensor has
_DATA, _GRAD, _NEEDS, _COUNTED = 1, 2, 4, 8


@dataclass(frozen=True)
class Loose:
    """A tensor to be sent once, as numbers only."""

    tensor: torch.Tensor


def gradient_of(tensor: torch.Tensor) -> torch.Tensor | None:
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


def look_at_tensor(tensor: torch.Tensor) -> tuple[Any, ...]:
    """Numbers, gradient, and whether one is wanted."""
    with torch._C.DisableTorchFunctionSubclass():
        grad = gradient_of(tensor)
        needs = tensor.grad_fn is None and tensor.requires_grad
        return _bits(tensor), None if grad is None else _bits(grad), needs, _version(tensor)


def same_tensor(look: Any, seen: Any) -> bool:
    """Whether nothing changed but, at most, the version."""
    return bool(look[:3] == seen[:3])


def quick_look_at_tensor(tensor: torch.Tensor, look: tuple[Any, ...]) -> Callable[[torch.Tensor], bool] | None:
    """A test, several times faster than a look, of whether the tensor still looks like that; None where there is none.

    It keeps the tensor's place in memory, not the tensor. Whatever it is not sure of counts as a change.
    """
    (dtype, shape, *data), grad, needs, _ = look
    if len(look[0]) != _WHOLE_LOOK or grad is not None or tensor.grad_fn is not None or not has_quick_bytes(tensor):
        return None
    return partial(
        _unchanged, tensor.data_ptr(), dtype, shape, tensor.stride(), needs, quick_bytes(tensor), data[0]
    )  # not a closure, whose cells lie scattered in memory: all twins are looked at for every message


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


def write_block(writer: Writer, tensor: torch.Tensor, look: tuple[Any, ...] | None = None) -> None:
    """Writes dtype, shape, device and numbers; a look at the tensor that was just taken has them already."""
    shape = tensor.shape
    writer.tokens += (DTYPE_NAMES[tensor.dtype], len(shape), *shape, device_of(tensor))
    whole = look is not None and len(look[0]) == _WHOLE_LOOK
    writer.payload(look[0][-1] if look is not None and whole else tensor_bytes(tensor))


def read_block(reader: Reader) -> torch.Tensor:
    """A new tensor from what write_block wrote."""
    name, shape, device = reader.text(), reader.ints(), reader.text()
    return build_tensor(name, shape, reader.token(bytes), device)


def write_tensor_change(writer: Writer, tensor: torch.Tensor, look: Any, seen: Any) -> None:
    """Writes the parts in which the two looks differ."""
    changed = [bit for bit, new, old in zip((_DATA, _GRAD, _NEEDS, _COUNTED), look, seen, strict=True) if new != old]
    writer.put(sum(changed))
    if _DATA in changed:
        write_block(writer, tensor)
    if _NEEDS in changed:
        writer.put(look[2])
    if _GRAD in changed:
        write_grad(writer, tensor)


def write_grad(writer: Writer, tensor: torch.Tensor) -> None:
    """Writes `.grad`, or that there is none."""
    grad = gradient_of(tensor)
    fits = grad is not None and grad.shape == tensor.shape and grad.dtype == tensor.dtype
    writer.put(fits)
    if grad is not None and fits:
        write_block(writer, grad)


def read_grad(reader: Reader, tensor: torch.Tensor) -> None:
    """Sets `.grad` to what write_grad wrote, in place where there is one."""
    if not reader.flag():
        if tensor.grad_fn is None:
            tensor.grad = None
        return
    grad = read_block(reader)
    if grad.shape != tensor.shape or grad.dtype != tensor.dtype:
        raise WireViolation("a gradient of another shape or dtype than its tensor")
    old = gradient_of(tensor)
    if old is not None and old.layout is torch.strided:
        with torch.no_grad():
            old.copy_(grad)
    elif tensor.grad_fn is None:
        tensor.grad = grad.to(tensor.device)


def read_tensor_change(reader: Reader, tensor: torch.Tensor) -> None:
    """Makes the change that write_tensor_change wrote."""
    changed = reader.whole()
    if changed & _DATA:
        _overwrite(tensor, read_block(reader), counted=bool(changed & _COUNTED))
    if changed & _NEEDS:
        set_requires_grad(tensor, reader.flag())
    if changed & _GRAD:
        read_grad(reader, tensor)


def set_requires_grad(tensor: torch.Tensor, needs: bool) -> None:
    """Sets requires_grad on a leaf; raises WireViolation for whole numbers."""
    if needs and not (tensor.is_floating_point() or tensor.is_complex()):
        raise WireViolation("a tensor of whole numbers that requires a gradient")
    if tensor.grad_fn is None:
        tensor.requires_grad_(needs)


def _overwrite(tensor: torch.Tensor, new: torch.Tensor, *, counted: bool) -> None:
    """Puts the new numbers into the old tensor; replaces its memory when it changed shape or cannot be written.

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


def memory_of(tensor: torch.Tensor) -> int | None:
    """Where the memory begins that the tensor lies in; None where no other tensor can be told to lie in it too."""
    if tensor.layout is not torch.strided or not tensor.is_cpu or not tensor.numel():
        return None
    return int(tensor.untyped_storage().data_ptr())


def place_within(tensor: torch.Tensor, base: torch.Tensor) -> int | None:
    """The element of a contiguous base where a tensor of the same memory starts; None when it is not all inside."""
    if base.dtype != tensor.dtype or not base.is_contiguous() or base.is_conj() or tensor.is_conj():
        return None
    start = int(tensor.storage_offset() - base.storage_offset())
    end = start + sum((n - 1) * step for n, step in zip(tensor.shape, tensor.stride(), strict=True))
    return start if start >= 0 and end < base.numel() else None


def look_at_array(array: np.ndarray[Any, Any]) -> tuple[Any, ...]:
    """Shape, dtype and items; of a large array a sample."""
    if array.nbytes <= _WHOLE_BYTES:
        return array.shape, array.dtype, array_bytes(array)
    flat = array.reshape(-1)
    return array.shape, array.dtype, array.ctypes.data, array_bytes(flat[:: flat.size // _SAMPLES]), flat[:64].tobytes()


def write_array(writer: Writer, array: np.ndarray[Any, Any]) -> None:
    """Writes dtype, shape and items."""
    writer.put(array.dtype.str)
    writer.put(array.ndim)
    for size in array.shape:
        writer.put(int(size))
    writer.payload(array_bytes(array))


def read_array(reader: Reader) -> np.ndarray[Any, Any]:
    """A new array from what write_array wrote."""
    name, shape = reader.text(), reader.ints()
    return build_array(name, shape, reader.token(bytes))


def write_array_change(writer: Writer, array: np.ndarray[Any, Any], look: Any, seen: Any) -> None:
    """Writes the whole array; raises TypeError when it is another shape now."""
    if look[:2] != seen[:2]:
        raise TypeError("an array of the test was given another shape or dtype in place; return a new array instead")
    write_array(writer, array)


def read_array_change(reader: Reader, array: np.ndarray[Any, Any]) -> None:
    """Makes the change that write_array_change wrote."""
    new = read_array(reader)
    if new.shape != array.shape or new.dtype != array.dtype or not array.flags.writeable:
        raise WireViolation("a change of an array that cannot be made")
    array[...] = new
