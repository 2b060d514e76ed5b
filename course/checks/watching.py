"""Watches, in one kernel, what the notebook's functions do to the values that a check hands them.

A function counts as the code under test when it is of the notebook and not of the cell that runs the check. Its
arguments are looked at when it is called and when it returns. Left out are values that were there before the cell ran,
those that such a function has returned, and tensors above a size that is quickly copied. Where a debugger or a
coverage tool traces already, nothing is watched.
"""

from __future__ import annotations

import contextlib
import inspect
import sys
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from types import FrameType
from typing import Any

import numpy as np
import torch

from course.checks.inputs import parts_of
from course.checks.plain import has_class

_LARGEST = 4 << 20  # bytes
Trace = Callable[[FrameType, str, Any], Any]


@dataclass(frozen=True)
class Kept:
    """A value as it was when it was handed over."""

    value: Any
    before: Any

    def restore(self) -> None:
        """Make the value what it was."""
        value, before = self.value, self.before
        if has_class(value, torch.Tensor):
            value.data = before.detach().to(value.device)
            if value.is_leaf:
                value.requires_grad_(before.requires_grad)
        elif has_class(value, np.ndarray):
            value[...] = before
        elif has_class(value, list):
            value[:] = before
        elif has_class(value, deque):
            value.clear()
            value.extend(before)
        else:
            value.clear()
            dict.update(value, before) if has_class(value, Counter) else value.update(before)

    def changed(self) -> bool:
        """Whether the value holds something else now."""
        value, before = self.value, self.before
        if has_class(value, torch.Tensor):
            return value.shape != before.shape or _bytes(value) != _bytes(before)
        if has_class(value, np.ndarray):
            return value.shape != before.shape or value.tobytes() != before.tobytes()
        pairs = [(value, before)] if has_class(value, set) else list(zip(_flat(value), _flat(before), strict=False))
        same = len(value) == len(before) and all(one is other or _equal(one, other) for one, other in pairs)
        return not same


@dataclass
class Watch:
    """The functions of one notebook, as one check calls them."""

    namespace: dict[str, Any]
    test: str  # the file name of the cell that runs the check
    known: set[int]
    notice: Callable[[Iterable[Kept]], object]
    inside: FrameType | None = None
    returned: list[Any] = field(default_factory=list)  # by the code under test: its own, and kept so that ids last

    @contextlib.contextmanager
    def on(self) -> Iterator[None]:
        """Watch while the block runs."""
        if sys.gettrace() is not None:
            yield
            return
        sys.settrace(self._called)
        _now.append(self)
        try:
            yield
        finally:
            _now.pop()
            sys.settrace(None)

    @contextlib.contextmanager
    def paused(self, values: Iterable[Any]) -> Iterator[None]:
        """Look at these values before and after the block, and at no call inside it."""
        kept = self._kept(values)
        sys.settrace(None)
        try:
            yield
        finally:
            sys.settrace(self._called)
            self.notice([one for one in kept if one.changed()])

    def _kept(self, values: Iterable[Any]) -> list[Kept]:
        theirs = {id(value) for value in self.returned} | self.known
        parts = [part for value in values for part in parts_of(value) if id(part) not in theirs and _small(part)]
        return [Kept(part, _copy(part)) for part in parts]

    def _called(self, frame: FrameType, event: str, _: Any) -> Trace | None:
        if self.inside is not None or event != "call" or frame.f_globals is not self.namespace:
            return None
        code = frame.f_code
        if code.co_filename == self.test or code.co_flags & (inspect.CO_GENERATOR | inspect.CO_ASYNC_GENERATOR):
            return None
        self.inside = frame
        frame.f_trace_lines = False
        arguments = inspect.getargvalues(frame)
        names = [*arguments.args, *filter(None, (arguments.varargs, arguments.keywords))]
        given = [frame.f_locals[name] for name in names if name in frame.f_locals]
        return partial(self._returned, self._kept(given))

    def _returned(self, kept: list[Kept], frame: FrameType, event: str, value: Any) -> Trace | None:
        if event == "return" and frame is self.inside:
            self.inside = None
            self.returned.extend(parts_of(value))
            self.notice([one for one in kept if one.changed()])
        return partial(self._returned, kept)


_now: list[Watch] = []


def as_one_call(values: Iterable[Any]) -> contextlib.AbstractContextManager[None]:
    """A block that counts as one call of the code under test, as it does in the engine, which sees it from outside."""
    if not _now or _now[-1].inside is not None:
        return contextlib.nullcontext()
    return _now[-1].paused(values)


def _small(value: Any) -> bool:
    if has_class(value, torch.Tensor):
        return value.layout is torch.strided and value.device.type != "meta" and value.nbytes <= _LARGEST
    return not has_class(value, np.ndarray) or (value.nbytes <= _LARGEST and value.dtype.kind != "O")


def _copy(value: Any) -> Any:
    if has_class(value, torch.Tensor):
        return value.detach().clone().requires_grad_(value.is_leaf and value.requires_grad)
    return value.copy() if has_class(value, np.ndarray, list, dict, set, deque) else value


def _bytes(value: torch.Tensor) -> bytes:
    bare = value.detach().cpu().resolve_conj().resolve_neg().contiguous()
    return bare.reshape(-1).view(torch.uint8).numpy().tobytes() if bare.numel() else b""


def _flat(value: Any) -> list[Any]:
    return [part for item in value.items() for part in item] if has_class(value, dict) else list(value)


def _equal(one: Any, other: Any) -> bool:
    plain = type(one) is type(other) and type(one) in (bool, int, float, complex, str, bytes, set)
    return plain and bool(one == other or (one != one and other != other))
