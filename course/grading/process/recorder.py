"""A recorder on the examiner's line: each question to the student's side, what came back, and how each check ended.

It stands there only where an instructor asked for it (`course grade --trace`, `course replay`); else the examiner
has the plain end of the line and nothing is looked at. It asks the student's code for nothing: of an object that stayed
on the other side it shows the name by which the test reached it.
"""

import sys
import time
from collections import deque
from collections.abc import Callable, Iterable
from types import FrameType, TracebackType
from typing import Any

import numpy as np
import torch

from course import checks
from course.checks.plain import has_class
from course.grading.boundary import CandidateClient, Reference
from course.grading.outputs import sound_text
from course.grading.protocol import Step
from course.results import CheckResult

MOST_IN_A_CELL = 1_000  # questions that are told of; more are counted
MOST = 20_000  # of one submission
MOST_INPUTS = 50
LONGEST = 300  # characters of a value
LONGEST_MESSAGE = 2_000
_ITEMS, _DEPTH, _LABEL = 6, 3, 60
_BRACKETS = {"list": ("[", "]"), "tuple": ("(", ")"), "dict": ("{", "}")}
_ARM = "def arm():\n    from course.grading.process import debugger\n    debugger.arm()\n"
Tell = Callable[[Step], None]


class Recorder:
    """What one examination tells of its conversation, as events of plain data.

    Args:
        tell: takes each event as it happens.
        namespace: the test's, by which its frames are known.
        stop_at: the cell and the number of its question at which the student's side is to open its debugger.
    """

    def __init__(self, tell: Tell, namespace: dict[str, Any], stop_at: Iterable[int] | None = None) -> None:
        self._tell, self._namespace = tell, namespace
        self._stop_at = tuple(stop_at) if stop_at else None
        self._cell, self._lines = -1, [""]
        self._asked = self._told = 0
        self._labels: dict[int, str] = {}  # of the references that this candidate has handed out
        checks.backend.heard = self._check

    def begin(self, index: int, source: str) -> None:
        """A cell's turn has come."""
        self._cell, self._lines, self._asked = index, source.splitlines(), 0

    def end(self, failed: bool) -> None:
        """A test has run to its end, or to the exception that ended it: then where that came from."""
        if self._asked > MOST_IN_A_CELL:
            self._event({"event": "cut", "questions": self._asked - MOST_IN_A_CELL})
        if failed and (trace := getattr(sys, "last_traceback", None)) is not None:
            self._event({"event": "stopped", **self._line(_line_in(trace, self._file_of(trace)))})

    def new_candidate(self) -> None:
        """Another process answers from now on; what the last one handed out is gone with it."""
        self._labels.clear()

    def is_to_stop(self) -> bool:
        """Whether the debugger is to open at the question that comes next."""
        return self._stop_at == (self._cell, self._asked + 1)

    def asked(self, op: str, args: tuple[Any, ...]) -> "Question | None":
        """The examiner asks; None where this cell has asked so often that nothing more is told."""
        self._asked += 1
        if self._asked > MOST_IN_A_CELL or self._told >= MOST:
            return None
        what, inputs = self._question(op, args)
        shown_inputs = [self._shown(value) for value in inputs[:MOST_INPUTS]]
        about: Step = {"number": self._asked, "op": op, "what": what, "inputs": shown_inputs}
        self._event({"event": "asked", **about, **self._line(self._line_now())})
        return Question(self._asked, op, what, inputs, shown_inputs, time.monotonic())

    def answered(self, question: "Question", value: Any) -> None:
        """The student's side has answered; its references are known by how they were come by from now on."""
        self._name(question, value)
        after = question.shown
        if question.op in ("call", "there"):
            after = [self._shown(one) for one in question.inputs[:MOST_INPUTS]]
        changed: Step = {} if after == question.shown else {"inputs_after": after}
        self._event({"event": "answered", **question.about, "value": self._shown(value), **changed})

    def raised(self, question: "Question", error: BaseException) -> None:
        """The student's code raised, or the student's process is gone."""
        kind = getattr(error, "student_type", "") or type(error).__name__
        told: Step = {"error": sound_text(kind), "message": sound_text(str(error), LONGEST_MESSAGE)}
        trace = sound_text(str(getattr(error, "traceback_text", ""))[-LONGEST_MESSAGE:])
        self._event({"event": "raised", **question.about, **told, "traceback": trace})

    def called(self, op: str, args: tuple[Any, ...]) -> None:
        """The student's side asks for something of the test's, or sends what is not a question."""
        if self._asked > MOST_IN_A_CELL:
            return
        if op == "call" and len(args) == 4 and all(type(part) is tuple for part in args[1:]):
            inputs = [*args[1], *args[3]]
        else:
            inputs = list(args[1:])
        what = self._shown(args[0]) if args else ""
        told = [self._shown(value) for value in inputs[:MOST_INPUTS]]
        self._event({"event": "called back", "op": sound_text(op, _LABEL), "what": what, "inputs": told})

    def gave(self, value: Any) -> None:
        """What the test gave to the student's code."""
        if self._asked <= MOST_IN_A_CELL:
            self._event({"event": "gave", "value": self._shown(value)})

    def _check(self, result: CheckResult) -> None:
        error = sys.exception()
        line = _line_in(error.__traceback__, self._file()) if error and result.message else 0
        about: Step = {
            "label": result.label,
            "points": result.points,
            "earned": result.earned,
            "hidden": result.hidden,
            "passed": result.passed,
            "message": sound_text(result.message, LONGEST_MESSAGE),
        }
        self._event({"event": "check", **about, **self._line(line or self._line_now())})

    def _event(self, step: Step) -> None:
        self._told += 1
        if self._told <= MOST:
            self._tell({"event": step["event"], "at": time.monotonic(), "cell": self._cell, **step})
        elif self._told == MOST + 1:
            self._tell({"event": "full", "at": time.monotonic(), "cell": self._cell})

    def _question(self, op: str, args: tuple[Any, ...]) -> tuple[str, list[Any]]:
        """What is asked for and with which inputs."""
        if op in ("call", "there"):
            what = args[1] if op == "there" else self._shown(args[0])
            *_, values, names, named = args
            return str(what), [*values, *(Named(name, value) for name, value in zip(names, named, strict=True))]
        if op == "cells":
            sources, names, _ = args
            return f"{len(sources)} cell{'s' * (len(sources) != 1)}", list(map(Name, names))
        if op in ("name", "bind"):
            return str(args[0]), list(args[1:])
        return (self._shown(args[0]), list(args[1:])) if args else ("", [])

    def _name(self, question: "Question", value: Any) -> None:
        named = value.items() if question.op == "cells" and type(value) is dict else [(question.name(), value)]
        for label, one in named:
            if issubclass(type(one), Reference) and type(label) is str:
                self._labels.setdefault(one._reference_handle, label[:_LABEL])

    def _line(self, number: int) -> Step:
        text = self._lines[number - 1].strip() if 0 < number <= len(self._lines) else ""
        return {"line": number, "text": text} if text else {}

    def _file(self) -> str:
        """The name under which the shell compiled the test cell that runs now."""
        return next((frame.f_code.co_filename for frame in reversed(self._frames())), "")

    def _file_of(self, trace: TracebackType) -> str:
        frames = (step.tb_frame for step in _steps(trace))
        return next((frame.f_code.co_filename for frame in frames if frame.f_globals is self._namespace), "")

    def _line_now(self) -> int:
        file = self._file()
        return next((frame.f_lineno for frame in self._frames() if frame.f_code.co_filename == file), 0)

    def _frames(self) -> list[FrameType]:
        """The frames of the notebook's code that run now, the innermost first."""
        frame: FrameType | None = sys._getframe(1)
        found = []
        while frame is not None:
            if frame.f_globals is self._namespace:
                found.append(frame)
            frame = frame.f_back
        return found

    def _shown(self, value: Any) -> str:
        return sound_text(shown(value, self._labels), LONGEST)


class Question:
    """A question on its way: what it was, and since when."""

    def __init__(
        self, number: int, op: str, what: str, inputs: list[Any], shown_inputs: list[str], since: float
    ) -> None:
        self.number, self.op, self.what, self.inputs, self.shown, self._since = (
            number, op, what, inputs, shown_inputs, since
        )  # fmt: skip

    @property
    def about(self) -> Step:
        return {"number": self.number, "op": self.op, "seconds": round(time.monotonic() - self._since, 6)}

    def name(self) -> str:
        """By what to call the object that comes back."""
        match self.op, self.inputs:
            case "get", [str(name)]:
                return f"{self.what}.{name}"
            case "item", [key]:
                return f"{self.what}[{shown(key, {})}]"
            case "call", _:
                return f"{self.what}(…)"
        return self.what


class Recorded(CandidateClient):
    """The examiner's end of the line with a recorder on it."""

    recorder: Recorder

    def request(self, op: str, *args: Any, **how: Any) -> Any:
        """As without a recorder, which hears of the question, the answer and the exception."""
        if self.recorder.is_to_stop():
            super().request("there", _ARM, "arm", (), (), ())
        question = self.recorder.asked(op, args)
        try:
            value = super().request(op, *args, **how)
        except BaseException as error:
            if question is not None:
                self.recorder.raised(question, error)
            raise
        if question is not None:
            self.recorder.answered(question, value)
        return value

    def perform(self, op: str, args: tuple[Any, ...]) -> Any:
        """As without a recorder, which hears what the student's code asks for and is given."""
        self.recorder.called(op, args)
        value = super().perform(op, args)
        self.recorder.gave(value)
        return value


class Name(str):
    """A name of the notebook's, shown without quotes."""


class Named:
    """An argument passed by its name."""

    def __init__(self, name: str, value: Any) -> None:
        self.name, self.value = name, value


def shown(value: Any, labels: dict[int, str], depth: int = _DEPTH) -> str:
    """A value in a line: numbers rounded, containers and tensors by their size and first items, the rest by its kind.

    Calls no code of the value's own. `labels` names the student's objects by their handles.
    """
    kind = type(value)
    if issubclass(kind, Reference):
        return labels.get(value._reference_handle, f"<student's {value.student_type}>")
    if kind is Named:
        return f"{value.name}={shown(value.value, labels, depth)}"
    if kind is Name:
        return str(value)
    if kind in (bool, int, type(None)):
        return repr(value) if kind is not int or value.bit_length() < 200 else "<an int of many digits>"
    if kind in (float, complex):
        return format(value, ".6g")
    if kind in (str, bytes):
        return repr(value[:_LABEL]) + ("…" if len(value) > _LABEL else "")
    if kind in (list, tuple, set, frozenset, deque, dict):
        return _container(value, labels, depth)
    try:
        if has_class(value, torch.Tensor):
            return _tensor(value)
        if has_class(value, np.ndarray):
            return _numbers("array", str(value.dtype), value.shape, value.reshape(-1)[:_ITEMS].tolist())
    except Exception as error:  # on a device that is gone, say
        return f"<{kind.__name__} that cannot be shown: {type(error).__name__}>"
    name = getattr(value, "__name__", None) if callable(value) else None
    return f"<the test's {name}>" if type(name) is str else f"<{kind.__name__}>"


def _container(value: Any, labels: dict[int, str], depth: int) -> str:
    if not depth:
        return f"<{type(value).__name__} of {len(value)}>"
    first = [item for item, _ in zip(value.items() if type(value) is dict else value, range(_ITEMS), strict=False)]
    if type(value) is dict:
        parts = [f"{shown(key, labels, depth - 1)}: {shown(one, labels, depth - 1)}" for key, one in first]
    else:
        parts = [shown(one, labels, depth - 1) for one in first]
    if len(value) > _ITEMS:
        parts.append(f"… {len(value) - _ITEMS} more")
    begin, end = _BRACKETS.get(type(value).__name__, (f"{type(value).__name__}(", ")"))
    return f"{begin}{', '.join(parts)}{',' * (type(value) is tuple and len(value) == 1)}{end}"


def _tensor(value: Any) -> str:
    """A tensor by its type, size and first numbers, unseen by whatever watches torch's operations for the test."""
    from torch.utils._python_dispatch import _disable_current_modes

    with torch._C.DisableTorchFunction(), _disable_current_modes(), torch.no_grad():
        about = [str(value.dtype).removeprefix("torch.")]
        if value.device.type != "cpu":
            about.append(str(value.device))
        if value.requires_grad:
            about.append("requires grad")
        if value.device.type == "meta" or value.layout is not torch.strided:
            return f"tensor {' '.join(about)} {tuple(value.shape)}"
        return _numbers("tensor", " ".join(about), value.shape, value.detach().reshape(-1)[:_ITEMS].tolist())


def _numbers(kind: str, about: str, shape: Iterable[int], first: list[Any]) -> str:
    size = tuple(shape)
    parts = [shown(number, {}) for number in first]
    if int(np.prod(size)) > len(first):
        parts.append("…")
    return f"{kind} {about} {size} [{', '.join(parts)}]"


def _line_in(trace: TracebackType | None, file: str) -> int:
    """The line of a file that an exception came through last."""
    lines = [step.tb_lineno for step in _steps(trace) if step.tb_frame.f_code.co_filename == file]
    return lines[-1] if lines else 0


def _steps(trace: TracebackType | None) -> list[TracebackType]:
    found = []
    while trace is not None:
        found.append(trace)
        trace = trace.tb_next
    return found
