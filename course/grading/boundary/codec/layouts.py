"""How the elements of a tensor or an array lie in memory: their steps are sent, and never what lies between them.

A test can look at steps (`is_contiguous`, `stride`, `view`), and so can an answer. Elements that lie one after the
other need none, and those that share a place, or lie too far apart for the memory that this would take, get none: they
arrive one after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from course.grading.boundary.transport.wire import WireViolation

_SPREAD, _SPARE = 64, 4096  # how many places each element may have on average, and a few more

Steps = tuple[int, ...]


def steps_of(tensor: torch.Tensor) -> Steps:
    """The steps of a tensor along its axes, counted in elements; none where they need not or cannot be sent."""
    if tensor.layout is not torch.strided or tensor.is_contiguous():
        return ()
    steps = tensor.stride()
    return steps if _places(tensor.shape, steps) else ()


def array_steps_of(array: np.ndarray[Any, Any]) -> Steps:
    """The same of an array, whose steps may be negative."""
    if array.flags.c_contiguous or any(step % array.itemsize for step in array.strides):
        return ()
    steps = tuple(step // array.itemsize for step in array.strides)
    return steps if _places(array.shape, steps) else ()


def laid_out(tensor: torch.Tensor, steps: Steps) -> torch.Tensor:
    """The tensor with its elements at these steps; raises WireViolation where that is not possible."""
    if not steps:
        return tensor
    if min(steps) < 0 or not _places(tensor.shape, steps):
        raise WireViolation("a tensor with impossible steps")
    made = torch.empty_strided(tensor.shape, steps, dtype=tensor.dtype, device=tensor.device)
    return made.copy_(tensor)


def array_laid_out(array: np.ndarray[Any, Any], steps: Steps) -> np.ndarray[Any, Any]:
    """The same of an array."""
    if not steps:
        return array
    places = _places(array.shape, steps)
    if not places:
        raise WireViolation("an array with impossible steps")
    if steps == tuple(step // array.itemsize for step in np.empty(array.shape, array.dtype, order="F").strides):
        return array.copy(order="F")
    first = sum((size - 1) * -step for size, step in zip(array.shape, steps, strict=True) if step < 0)
    memory = np.zeros(places, array.dtype)
    strides = [step * array.itemsize for step in steps]
    made: np.ndarray[Any, Any] = np.ndarray(array.shape, array.dtype, memory, first * array.itemsize, strides)
    made[...] = array
    return made


def _places(shape: Sequence[int], steps: Sequence[int]) -> int:
    """How many places in memory the elements span; 0 where two share one, where there is none, or for too many."""
    if len(shape) != len(steps) or 0 in shape:
        return 0
    last = 0
    for step, size in sorted((abs(step), size) for step, size in zip(steps, shape, strict=True) if size > 1):
        if step <= last:
            return 0
        last += step * (size - 1)
    count = 1
    for size in shape:
        count *= size
    return last + 1 if last < _SPREAD * count + _SPARE else 0
