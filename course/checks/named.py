"""The named check: a `with` block in which whatever goes wrong costs that check its points and nothing else."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType, TracebackType
from typing import Any

from course.checks import backend
from course.checks.capture import captured
from course.checks.cell import current, refuse_inside_a_check, require_points
from course.checks.fault import ChecksFailed, error_text
from course.checks.message import clipped
from course.checks.told import told_text
from course.checks.watching import Watch
from course.results import CheckResult

_INTERRUPTED = "interrupted: it took too long, or was stopped by hand"


class check:
    """One named check of a test cell.

    What is raised inside (SystemExit too) makes it fail with a message, and the cell goes on; only a real interrupt
    passes through. Outside a test cell (no begin) there is no score to show it, so a failure raises ChecksFailed.

    Args:
        label: what the student's code should do, as a statement.
        points: its weight among the checks of the cell.
        hint: shown when it fails.
        costs: points of the cell that are lost when it fails, for a promise, which has no points to earn.
    """

    def __init__(self, label: str, *, points: float = 1, hint: str | None = None, costs: float = 0) -> None:
        require_points(label, points)
        require_points(label, costs)
        self._label, self._points, self._hint, self._costs = str(label), float(points), hint or "", float(costs)

    def __enter__(self) -> None:
        refuse_inside_a_check("check")
        self._cell = current()
        with contextlib.ExitStack() as stack:
            self._interrupts = stack.enter_context(_interrupts())
            self._sink = stack.enter_context(captured())
            self._watch(stack, sys._getframe(1))
            self._stack = stack.pop_all()
        self._cell.active = True

    def _watch(self, stack: contextlib.ExitStack, caller: FrameType) -> None:
        """In one kernel, has the calls of the code under test watched; the engine sees by itself what they change."""
        if backend.is_one_kernel():
            known = self._cell.known
            watch = Watch(caller.f_globals, caller.f_code.co_filename, known, self._cell.inputs.notice)
            stack.enter_context(watch.on())

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> bool:
        self._cell.active = False
        try:
            fault, told = ("", "") if error is None else (error_text(error), told_text(error))
            watched = self._cell.faults(failed=error is not None)
            faults = [fault, *watched]
        finally:
            self._stack.close()
        stopped = error is not None and self._must_stop(error)
        message = _INTERRUPTED if stopped else clipped("\n".join(filter(None, faults)))
        self._record(message, "" if stopped or not message else "\n".join(filter(None, [told, *watched])))
        if message and not self._cell.begun and not stopped:
            raise ChecksFailed(f"{self._label}\n{message}") from None
        return not stopped

    def _record(self, message: str, told: str) -> None:
        earned = 0.0 - self._costs if message else self._points
        printed = self._sink.text()
        hidden = self._cell.hidden
        self._cell.add(CheckResult(self._label, self._points, earned, hidden, self._hint, message, printed, told))

    def _must_stop(self, error: BaseException) -> bool:
        """Whether the grader or the person at the keyboard wants to stop, not student's code to escape."""
        if isinstance(error, KeyboardInterrupt | asyncio.CancelledError):
            return bool(self._interrupts) or not _in_main_thread()
        return isinstance(error, GeneratorExit)


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


@contextlib.contextmanager
def _interrupts() -> Iterator[list[int]]:
    """Note real SIGINTs, so that a KeyboardInterrupt raised by student's code can be told from them."""
    seen: list[int] = []
    before: Any = signal.getsignal(signal.SIGINT)
    if not _in_main_thread() or before is None:
        yield seen
        return

    def note(number: int, frame: Any) -> None:
        seen.append(number)
        if callable(before):
            before(number, frame)

    signal.signal(signal.SIGINT, note)
    try:
        yield seen
    finally:
        signal.signal(signal.SIGINT, before)
