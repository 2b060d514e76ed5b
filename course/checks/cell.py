"""The state of the test cell that runs now: its checks, their points, and the score it ends with."""

from __future__ import annotations

import contextlib
import math
import os
import signal
import textwrap
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from types import TracebackType
from typing import Any, Protocol

from course.checks.capture import captured, shell, stderr_to_stdout
from course.checks.fault import CheckFailed, ChecksFailed, error_text
from course.checks.message import clipped

MIMETYPE = "application/vnd.clozegrad.checks+json"
WIDTH = 80


@dataclass(frozen=True)
class CheckResult:
    """How one check ended; `message` and `printed` of a hidden check are for the instructor's eyes only."""

    label: str
    points: float
    earned: float
    hidden: bool = False
    hint: str = ""
    message: str = ""
    printed: str = ""

    @property
    def passed(self) -> bool:
        return not self.message


@dataclass(frozen=True)
class CellReport:
    """How the checks of one test cell ended; `points` are the cell's points."""

    exercise: str
    points: float
    checks: tuple[CheckResult, ...] = ()

    @property
    def earned(self) -> float:
        """The cell's points times the share of the check points that were earned; 0 when no check ran."""
        possible = math.fsum(check.points for check in self.checks)
        if self.checks and all(check.passed for check in self.checks):
            return float(self.points)
        if possible <= 0:
            return 0.0
        share = math.fsum(check.earned for check in self.checks) / possible
        return min(round(self.points * share, 6), float(self.points))


class Watcher(Protocol):
    """Something that looks at the end of each check whether all is well."""

    def fault(self) -> str:
        """What is wrong, or an empty text."""


@dataclass
class Cell:
    """What begin() starts and score() ends."""

    exercise: str = ""
    points: float = 0.0
    begun: bool = False
    hidden: bool = False
    draws: int = 0
    active: bool = False
    results: list[CheckResult] = field(default_factory=list)
    watchers: list[Watcher] = field(default_factory=list)
    # Expected values stay alive until the cell ends, so that no torch.empty() of a student can find one in freed memory.
    kept: list[object] = field(default_factory=list)
    guards: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    silence: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)


_now: list[Cell] = [Cell()]


def begin(exercise: str, points: float) -> None:
    """Starts a test cell of that many points; what an earlier cell left unfinished is dropped."""
    _refuse_inside_a_check("begin")
    if not (isinstance(points, (int, float)) and 0 <= points < math.inf):
        raise ValueError(f"{exercise}: points must be a number of at least 0, not {points!r}")
    _close(current())
    _now[0] = cell = Cell(exercise, float(points), begun=True)
    if shell() is not None:
        cell.guards.enter_context(stderr_to_stdout())
        cell.guards.callback(_forget_event, cell)
        shell().events.register("post_run_cell", _on_cell_end)


def hidden() -> None:
    """Marks the checks that follow as hidden: they show label, points and hint, and keep everything else to themselves."""
    _refuse_inside_a_check("hidden")
    cell = current()
    cell.hidden = True
    if cell.begun and shell() is not None:
        cell.silence.enter_context(captured())


def score() -> float:
    """The points earned, a plain float; under nbgrader's Validate raises ChecksFailed when a check failed."""
    _refuse_inside_a_check("score")
    cell, result = current(), report()
    _close(cell)
    execution = os.environ.get("NBGRADER_EXECUTION")
    if execution == "autograde":
        _publish(result)
    if execution == "validate" and (failures := [check for check in result.checks if not check.passed]):
        raise ChecksFailed(_summary(result, failures))
    return result.earned


def report() -> CellReport:
    """What the current (or just finished) test cell has found so far."""
    cell = current()
    return CellReport(cell.exercise, cell.points, tuple(cell.results))


def current() -> Cell:
    """The test cell that runs now."""
    return _now[0]


def keep(*values: object) -> None:
    """Keeps values alive until the test cell ends."""
    current().kept.extend(values)


class check:
    """One named check: what is raised inside makes it fail, and the cell goes on.

    Args:
        label: what the student's code should do, as a statement.
        points: its weight among the checks of the cell.
        hint: shown when it fails.
    """

    def __init__(self, label: str, *, points: float = 1, hint: str | None = None) -> None:
        if not (isinstance(points, (int, float)) and 0 <= points < math.inf):
            raise ValueError(f"{label}: points must be a number of at least 0, not {points!r}")
        self._label, self._points, self._hint = str(label), float(points), hint or ""
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> None:
        _refuse_inside_a_check("check")
        self._cell = current()
        self._cell.active = True
        self._interrupts = self._stack.enter_context(_interrupts())
        self._sink = self._stack.enter_context(captured())

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> bool:
        self._cell.active = False
        message = _message(error)
        faults = [fault for watcher in self._cell.watchers if (fault := watcher.fault())]
        self._stack.close()
        if error is not None and _must_propagate(error, self._interrupts):
            message = "interrupted: it took too long, or was stopped by hand"
            self._record(message)
            return False
        self._record(clipped("\n".join(filter(None, [message, *faults]))))
        if not self._cell.begun and self._cell.results[-1].message:
            failed = self._cell.results.pop()
            raise ChecksFailed(f"{failed.label}: {failed.message}") from None
        return True

    def _record(self, message: str) -> None:
        result = CheckResult(
            self._label, self._points, 0.0 if message else self._points, self._cell.hidden, self._hint, message,
            self._sink.text(),
        )  # fmt: skip
        self._cell.results.append(result)
        _show(self._cell, _lines(result))


def _message(error: BaseException | None) -> str:
    if error is None:
        return ""
    return error_text(error).strip() or type(error).__name__


def _must_propagate(error: BaseException, interrupts: list[int]) -> bool:
    """Whether the grader (or the person at the keyboard) wants to stop, not the student's code to escape."""
    if isinstance(error, KeyboardInterrupt):
        return bool(interrupts) or threading.current_thread() is not threading.main_thread()
    return isinstance(error, GeneratorExit)


@contextlib.contextmanager
def _interrupts() -> Iterator[list[int]]:
    """Notes real SIGINTs, so that a KeyboardInterrupt raised by student's code can be told from them."""
    seen: list[int] = []
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGINT) is None:
        yield seen
        return
    before: Any = signal.getsignal(signal.SIGINT)

    def note(number: int, frame: Any) -> None:
        seen.append(number)
        if callable(before):
            before(number, frame)

    signal.signal(signal.SIGINT, note)
    try:
        yield seen
    finally:
        signal.signal(signal.SIGINT, before)


def _refuse_inside_a_check(name: str) -> None:
    if current().active:
        raise CheckFailed(f"checks.{name}() was called while a check was running")


def _lines(result: CheckResult) -> str:
    mark = "✓" if result.passed else "✗"
    lines = [f"{mark} {result.label} ({result.earned:g}/{result.points:g})"]
    if not result.hidden:
        lines = [*result.printed.rstrip("\n").splitlines(), *lines]
        lines += textwrap.indent(result.message, "    ").splitlines()
    if result.hint and not result.passed:
        lines += [f"    hint: {result.hint}"]
    return "\n".join(lines)


def _show(cell: Cell, text: str) -> None:
    """Prints to the student, past the silence of the hidden part."""
    silent = cell.hidden and cell.begun and shell() is not None
    cell.silence.close()
    print(text)
    if silent:
        cell.silence.enter_context(captured())


def _summary(report: CellReport, failures: list[CheckResult]) -> str:
    lines = [f"{report.exercise}: {len(failures)} of {len(report.checks)} checks failed, "
             f"{report.earned:g} of {report.points:g} points"]  # fmt: skip
    for failure in failures:
        lines += textwrap.wrap(f"✗ {failure.label}", WIDTH, subsequent_indent="  ")
        if not failure.hidden:
            for line in failure.message.splitlines():
                lines += textwrap.wrap(line, WIDTH - 4, initial_indent="    ", subsequent_indent="      ")
        if failure.hint:
            lines += textwrap.wrap(
                f"hint: {failure.hint}", WIDTH - 4, initial_indent="    ", subsequent_indent="      "
            )
    return "\n".join(lines)


def _publish(result: CellReport) -> None:
    """Leaves the whole report in the executed notebook, for the instructor."""
    if (here := shell()) is not None:
        record = {"exercise": result.exercise, "points": result.points, "checks": [asdict(c) for c in result.checks]}
        here.display_pub.publish(data={MIMETYPE: record})


def _close(cell: Cell) -> None:
    cell.silence.close()
    cell.guards.close()
    cell.kept.clear()
    cell.watchers.clear()


def _on_cell_end(*_: Any) -> None:
    _close(current())


def _forget_event(cell: Cell) -> None:
    with contextlib.suppress(ValueError):
        shell().events.unregister("post_run_cell", _on_cell_end)
