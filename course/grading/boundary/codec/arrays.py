"""Tensors and numpy arrays as bytes with a dtype name and a shape, and back with every claim checked.

The way back is what protects the examiner: dtypes come from a list, the bytes must be as many as shape and dtype say,
and a boolean is made from its byte, never trusted to be 0 or 1.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch

from course.grading.boundary.transport.wire import WireViolation

_INTS = [f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)]
_FLOATS = ["float16", "bfloat16", "float32", "float64", "float8_e4m3fn", "float8_e5m2"]
_NAMES = ["bool", *_INTS, *_FLOATS, "complex32", "complex64", "complex128"]
DTYPES: dict[str, torch.dtype] = {name: getattr(torch, name) for name in _NAMES if hasattr(torch, name)}
DTYPE_NAMES = {dtype: name for name, dtype in DTYPES.items()}
_NUMPY = frozenset({torch.float32, torch.float64, torch.int64, torch.int32, torch.uint8, torch.bool})
_OWN_CLASSES = (torch.Tensor, torch.nn.Parameter)
DEVICES = frozenset({"cpu", "cuda", "mps"})
MAX_DIMS, MAX_SIZE = 64, 1 << 40
_NUMPY_KINDS = frozenset("biufcUSmM")
_NUMPY_NAME = re.compile(r"[<>|=]([biufcUS]\d{1,14}|[mM]8(\[\d{0,6}(Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as)\])?)", re.ASCII)
_LAST_CODE_POINT = 0x10FFFF


def crosses(tensor: torch.Tensor) -> bool:
    """Whether the tensor holds data of its own that can be sent as bytes."""
    return tensor.dtype in DTYPE_NAMES and device_of(tensor) in DEVICES and not tensor.is_nested


def device_of(tensor: torch.Tensor) -> str:
    """The kind of device that the tensor is on."""
    return "cpu" if tensor.is_cpu else str(tensor.device.type)


def plain(tensor: torch.Tensor) -> torch.Tensor:
    """The tensor under any subclass: same data, no graph, dense, on the CPU, contiguous."""
    with torch._C.DisableTorchFunctionSubclass():
        bare = tensor.detach()
        if bare.layout is not torch.strided:
            bare = bare.to_dense()
        return bare.cpu().resolve_conj().resolve_neg().contiguous()


def tensor_bytes(tensor: torch.Tensor) -> bytes:
    """The tensor's elements in order, as they lie in memory."""
    if has_quick_bytes(tensor):
        return bytes(quick_bytes(tensor)())
    bare = plain(tensor)
    with torch._C.DisableTorchFunctionSubclass():
        return bytes(bare.reshape(-1).view(torch.uint8).numpy().tobytes()) if bare.numel() else b""


def has_quick_bytes(tensor: torch.Tensor) -> bool:
    """Whether numpy can see the tensor's memory as it is."""
    own = type(tensor) in _OWN_CLASSES and tensor.is_cpu and tensor.layout is torch.strided
    return own and tensor.dtype in _NUMPY and not tensor.is_neg()


def quick_bytes(tensor: torch.Tensor) -> Callable[[], bytes]:
    """Read the bytes of a tensor that has_quick_bytes, now or as long as its memory is the same."""
    place = tensor.data_ptr()
    if place and tensor.is_contiguous():
        return partial(ctypes.string_at, place, tensor.nbytes)
    read: Callable[[], bytes] = tensor.detach().numpy().tobytes
    return read


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
    return start if start >= 0 and start + _reach(tensor) <= base.numel() else None


def span_of(tensor: torch.Tensor) -> tuple[int, int]:
    """Where in memory a tensor with elements begins and ends."""
    first = tensor.data_ptr()
    return first, first + _reach(tensor) * tensor.element_size()


def _reach(tensor: torch.Tensor) -> int:
    """How many elements there are in memory from a tensor's first to its last, with both."""
    return 1 + sum((n - 1) * step for n, step in zip(tensor.shape, tensor.stride(), strict=True))


def build_tensor(name: Any, shape: tuple[int, ...], payload: Any, device: Any = "cpu") -> torch.Tensor:
    """A new tensor that owns its memory; raises WireViolation when the claims do not fit together."""
    dtype = DTYPES.get(name) if type(name) is str else None
    if dtype is None:
        raise WireViolation("a tensor of an unknown dtype")
    _check_size(shape, dtype.itemsize, payload)
    if not payload:
        tensor = torch.zeros(shape, dtype=dtype)
    elif dtype is torch.bool:
        tensor = (torch.frombuffer(bytearray(payload), dtype=torch.uint8) != 0).resize_(shape)
    else:
        tensor = torch.frombuffer(bytearray(payload), dtype=dtype).resize_(shape)  # reshape would make it a view
    return _placed(tensor, device)


def array_crosses(array: np.ndarray[Any, Any] | np.generic) -> bool:
    """Whether it is an array of numbers, booleans, text or times (objects and records are not data here)."""
    return array.dtype.kind in _NUMPY_KINDS and array.dtype.names is None and array.dtype.itemsize > 0


def array_bytes(array: np.ndarray[Any, Any]) -> bytes:
    """The array's elements in C order."""
    return np.ndarray.tobytes(array)


def build_array(name: Any, shape: tuple[int, ...], payload: Any) -> np.ndarray[Any, Any]:
    """A new array that owns its memory; raises WireViolation when the claims do not fit together."""
    dtype = numpy_dtype(name)
    _check_size(shape, dtype.itemsize, payload)
    if dtype.kind == "b":
        return np.frombuffer(payload, np.uint8).reshape(shape).astype(bool)
    array = np.frombuffer(bytearray(payload), dtype).reshape(shape)
    if dtype.kind == "U" and array.size:
        points = np.frombuffer(payload, np.dtype(np.uint32).newbyteorder(dtype.byteorder))
        if int(points.max()) > _LAST_CODE_POINT:
            raise WireViolation("a text array with characters that do not exist")
    return array


def numpy_dtype(name: Any) -> np.dtype[Any]:
    """The dtype of that name; raises WireViolation unless it is one of numbers, booleans, text or times."""
    if not (type(name) is str and _NUMPY_NAME.fullmatch(name)):
        raise WireViolation("an array of an unknown dtype")
    try:
        dtype = np.dtype(name)
    except (TypeError, ValueError):
        raise WireViolation("an array of an unknown dtype") from None
    if not dtype.itemsize:
        raise WireViolation("an array of items without size")
    return dtype


def _check_size(shape: tuple[int, ...], itemsize: int, payload: Any) -> None:
    if type(payload) is not bytes or len(shape) > MAX_DIMS:
        raise WireViolation("an array that is not bytes, or has too many axes")
    if any(not 0 <= n <= MAX_SIZE for n in shape) or math.prod(n for n in shape if n) > MAX_SIZE:
        raise WireViolation("an array with an impossible shape")
    if math.prod(shape) * itemsize != len(payload):
        raise WireViolation("an array whose bytes do not fit its shape")


def _placed(tensor: torch.Tensor, device: Any) -> torch.Tensor:
    """On the device that it came from, where this process has it."""
    if device == "cuda" and torch.cuda.is_available():
        return tensor.cuda()
    if device == "mps" and torch.backends.mps.is_available():
        return tensor.to("mps")
    if device not in DEVICES:
        raise WireViolation("a tensor on an unknown device")
    return tensor
