"""Tensors and arrays in a message: dtype, shape, device, and all numbers as one run of bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from course.grading.boundary.codec.arrays import (
    DTYPE_NAMES,
    array_bytes,
    build_array,
    build_tensor,
    device_of,
    tensor_bytes,
)
from course.grading.boundary.codec.decoder import READERS, Reader
from course.grading.boundary.codec.encoder import WRITERS, Writer


@dataclass(frozen=True)
class ByValue:
    """A tensor to be sent once, as numbers only: neither a replica nor part of a graph."""

    tensor: torch.Tensor


def write_block(writer: Writer, tensor: torch.Tensor, numbers: bytes | None = None) -> None:
    """Write dtype, shape, device and numbers; a caller that has just taken the numbers as bytes hands them in."""
    shape = tensor.shape
    writer.tokens += (DTYPE_NAMES[tensor.dtype], len(shape), *shape, device_of(tensor))
    writer.payload(tensor_bytes(tensor) if numbers is None else numbers)


def read_block(reader: Reader) -> torch.Tensor:
    """A new tensor from what write_block wrote."""
    name, shape, device = reader.text(), reader.ints(), reader.text()
    return build_tensor(name, shape, reader.token(bytes), device)


def write_array(writer: Writer, array: np.ndarray[Any, Any]) -> None:
    """Write dtype, shape and items."""
    writer.put(array.dtype.str)
    writer.put(array.ndim)
    for size in array.shape:
        writer.put(int(size))
    writer.payload(array_bytes(array))


def read_array(reader: Reader) -> np.ndarray[Any, Any]:
    """A new array from what write_array wrote."""
    name, shape = reader.text(), reader.ints()
    return build_array(name, shape, reader.token(bytes))


def _write_by_value(writer: Writer, value: ByValue) -> None:
    writer.put("by value")
    write_block(writer, value.tensor)


WRITERS[ByValue] = _write_by_value
READERS["by value"] = read_block
