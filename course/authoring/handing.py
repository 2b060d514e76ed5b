"""What a test hands to an answer and cannot hand over where the two run apart, noticed while the lesson is built.

In one kernel everything can be passed. While grading, data and functions cross to the student's side, and of other
objects the members that `checks.share` names. What is certain to be refused there is named here with its line: an
object or a class of the test's own, a lock, an open file, an array of objects.
"""

from __future__ import annotations

import enum
import io
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import numpy as np
import torch

from course.checks import across

_DATA = (int, float, complex, str, bytes, list, tuple, dict, set, frozenset, enum.Enum, torch.Tensor, np.ndarray)
_LOCKS = (type(threading.Lock()), type(threading.RLock()), threading.Event, threading.Condition, threading.Thread)
_DEPTH = 4
_ON_THE_STUDENTS_SIDE = across.on_student_side.__code__


def _is_on_the_students_side(frame: FrameType | None) -> bool:
    """Whether a function of the test's runs where the answers do: what it makes is there already."""
    while frame is not None:
        if frame.f_code is _ON_THE_STUDENTS_SIDE:
            return True
        frame = frame.f_back
    return False


@dataclass
class Handing:
    """The calls of answers by one test cell, and what they were given.

    Attributes:
        test: the file name of the test cell.
        answers: the file names of the cells that students fill in.
        found: by row of the test, from 0, what could not be handed over there.
    """

    test: str
    answers: frozenset[str]
    found: dict[int, str] = field(default_factory=dict)
    _passes: dict[int, object] = field(default_factory=dict)  # by id: what is shared, or came from an answer

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Watch while the block runs."""
        from course.checks import backend

        share = backend.share

        def noted(obj: Any, *names: str) -> Any:
            self._passes[id(obj)] = obj
            return share(obj, *names)

        backend.share = noted
        sys.setprofile(self._seen)
        try:
            yield
        finally:
            sys.setprofile(None)
            backend.share = share

    def _seen(self, frame: FrameType, event: str, value: Any) -> None:
        if event not in ("call", "return") or frame.f_code.co_filename not in self.answers:
            return
        caller = frame.f_back
        while caller is not None and not caller.f_code.co_filename.startswith("<cell "):
            caller = caller.f_back
        if caller is None or caller.f_code.co_filename in self.answers or _is_on_the_students_side(caller):
            return
        if event == "return":
            self._passes[id(value)] = value
            return
        code = frame.f_code
        given = [frame.f_locals.get(name) for name in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount + 2]]
        words = next(filter(None, (self._refused(value, _DEPTH) for value in given)), "")
        if words and caller.f_code.co_filename == self.test:
            self.found.setdefault(caller.f_lineno - 1, words)

    def _refused(self, value: Any, depth: int) -> str:
        """What it is that cannot be handed over; empty for what can, and for what may be the student's own."""
        kind = type(value)
        if id(value) in self._passes:
            return ""
        if isinstance(value, type):
            return f"the class {value.__name__}, which it defines" if self._is_own(value) else ""
        if isinstance(value, io.IOBase):
            return "an open file"
        if isinstance(value, _LOCKS):
            return f"a {kind.__name__.lower()} of threads"
        if isinstance(value, np.ndarray) and (value.dtype.hasobject or value.dtype.names):
            return f"an array of dtype {value.dtype}"
        if isinstance(value, dict | list | tuple | set | frozenset) and depth:
            parts = [*value, *value.values()] if isinstance(value, dict) else [*value]
            return next(filter(None, (self._refused(part, depth - 1) for part in parts[:100])), "")
        usable = callable(value) or hasattr(kind, "__next__") or isinstance(value, _DATA)
        return f"an object of its class {kind.__name__}" if self._is_own(kind) and not usable else ""

    def _is_own(self, kind: type) -> bool:
        """Whether the test cell defines the class."""
        codes = (getattr(member, "__code__", None) for member in vars(kind).values())
        return any(code is not None and code.co_filename == self.test for code in codes)
