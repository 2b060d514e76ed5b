"""What a test hands to the code under test: it must come back as it was, unless the test says that it may change.

An expected value is often computed from the input after the call; code that overwrites its input could so choose what
is expected of it. The engine tells of every value of the test's that the student's side changed; in one kernel
`watching` does. What was not to change is put back, so that the rest is judged on its own; where it is a tensor or an
array, the check fails. A list, dict or set that was taken apart is only put back: that is not a mistake in itself.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import torch

from course.checks.plain import has_class

PUT_BACK = "a list, dict or set that your code changed was restored: tests declare with checks.mutable what may change"
CHANGED = "your code changed its input in place: work on a copy (x.clone()), or avoid operations that end in _"
_MOST_PARTS, _DEEPEST = 1000, 4


class Change(Protocol):
    """A value that code under test changed."""

    @property
    def value(self) -> Any:
        """The value as it is now."""

    @property
    def before(self) -> Any:
        """A copy of what it held; of a tensor that wanted a gradient, one that wants it too."""

    @property
    def restore(self) -> Callable[[], object]:
        """Make it what it was."""


@dataclass
class Inputs:
    """What the code under test may change in this cell, and whether it changed anything else."""

    mutable: list[Any] = field(default_factory=list)
    overwritten: bool = False
    put_back: bool = False
    judged: bool = True

    def allow(self, value: Any) -> None:
        """Let a value be changed, and everything in it."""
        self.mutable.extend(parts_of(value))

    def notice(self, changes: Iterable[Change]) -> None:
        """Put right what was not to change, and remember that it did."""
        for change in changes:
            if not self._may_change(change.value, change.before):
                change.restore()
                if not self.judged:
                    continue
                numbers = has_class(change.value, torch.Tensor, np.ndarray)
                self.overwritten, self.put_back = self.overwritten or numbers, self.put_back or not numbers

    def is_put_back(self, change: Change) -> bool:
        """Whether a change will be put right and nothing said of it, as of a list that was taken apart."""
        numbers = has_class(change.value, torch.Tensor, np.ndarray)
        return not numbers and not self._may_change(change.value, change.before)

    @contextmanager
    def unjudged(self) -> Iterator[None]:
        """Put right what changes meanwhile, and call it no fault: a promise is judged by what it says alone."""
        before, self.judged = self.judged, False
        try:
            yield
        finally:
            self.judged = before

    def fault(self, failed: bool) -> str:
        """What to say of what changed since this was last asked, in a check that `failed` anyway or did not."""
        changed, put_back = self.overwritten, self.put_back and failed
        self.overwritten = self.put_back = False
        return CHANGED if changed else PUT_BACK if put_back else ""

    def _may_change(self, value: Any, before: Any) -> bool:
        if has_class(before, torch.Tensor) and before.requires_grad:  # made to be trained
            return True
        return any(value is one or _share_memory(value, one) for one in self.mutable)


def parts_of(value: Any, depth: int = 0) -> Iterator[Any]:
    """The value and, of lists, tuples, sets and dicts, what lies in them: all that can be changed in place."""
    if has_class(value, torch.Tensor, np.ndarray, list, dict, set, deque):
        yield value
    if depth < _DEEPEST and has_class(value, list, tuple, dict):
        inner = list(dict.values(value)) if has_class(value, dict) else list(value)
        for part in inner[:_MOST_PARTS]:
            yield from parts_of(part, depth + 1)


def _share_memory(one: Any, other: Any) -> bool:
    """Whether two tensors or arrays lie in the same memory, as a tensor and a view of it do."""
    place = _memory(one)
    return place is not None and place == _memory(other)


def _memory(value: Any) -> int | None:
    if has_class(value, np.ndarray):
        while has_class(value.base, np.ndarray):
            value = value.base
        return int(value.ctypes.data) if value.size else None
    if has_class(value, torch.Tensor) and value.layout is torch.strided and value.numel():
        return int(value.untyped_storage().data_ptr())
    return None
