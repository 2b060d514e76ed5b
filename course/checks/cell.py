"""The state of the test cell that runs now: its checks, what they watch, and the score it ends with."""

from __future__ import annotations

import contextlib
import math
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from course.checks import backend, unsolved
from course.checks.capture import captured, shell, stderr_to_stdout
from course.checks.fault import CheckFailed, ChecksFailed
from course.checks.inputs import Inputs, parts_of
from course.results import MIMETYPE, CellReport, CheckResult


class Watcher(Protocol):
    """Something that says at the end of each check whether all is well."""

    def fault(self) -> str:
        """What is wrong, or an empty text."""


@dataclass
class Cell:
    """What begin() starts and score() ends."""

    exercise: str = ""
    points: float = 0.0
    begun: bool = False
    file: str = ""  # the test cell's own, as tracebacks name it
    hidden: bool = False
    active: bool = False
    draws: int = 0
    results: list[CheckResult] = field(default_factory=list)
    watchers: list[Watcher] = field(default_factory=list)
    inputs: Inputs = field(default_factory=Inputs)
    known: set[int] = field(default_factory=set)  # the values of the notebook that were there before the cell
    # Expected values live until the cell ends, so that no torch.empty() of a student finds one in freed memory.
    kept: list[object] = field(default_factory=list)
    names: dict[str, Any] = field(default_factory=dict)  # the notebook's, and what stood there before under ours
    before: dict[str, Any] = field(default_factory=dict)
    streams: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    silence: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    aloud: Callable[[str], object] | None = None  # writes past the silence, while there is one

    def faults(self, failed: bool) -> list[str]:
        """What the watchers complain about at the end of a check."""
        every = [self.inputs.fault(failed), *(watcher.fault() for watcher in self.watchers)]
        return [fault for fault in dict.fromkeys(every) if fault]

    def add(self, result: CheckResult) -> None:
        """Note how a check ended and print it, past the silence of the hidden part."""
        self.results.append(result)
        backend.heard(result)
        text = "\n".join(result.lines())
        if self.aloud is None:
            print(text)
        else:
            self.aloud(text + "\n")

    def fall_silent(self) -> None:
        """In a hidden part under Jupyter, holds back what is printed between the checks."""
        if self.hidden and self.begun and self.aloud is None and shell() is not None:
            self.aloud = self.silence.enter_context(captured()).outside

    def close(self) -> None:
        """Give back the streams and let go of the data."""
        self.silence.close()
        self.aloud = None
        self.streams.close()
        self.kept.clear()
        self.watchers.clear()
        self.inputs.mutable.clear()
        self._give_names_back()

    def take_names(self, names: dict[str, Any]) -> None:
        """Remember what the notebook has under the names that a built test cell binds."""
        self.names = names
        self.before = {name: names[name] for name in self._own_names() if name in names}

    def _give_names_back(self) -> None:
        for name in self._own_names() if self.names else ():
            self.names.pop(name, None)
        self.names.update(self.before)
        self.names = {}

    def _own_names(self) -> tuple[str, str]:
        return f"{self.exercise}_tests", "given"


_now: list[Cell] = [Cell()]
reports: dict[str, CellReport] = {}  # what each exercise's test found when it last ran here


def begin(exercise: str, points: float) -> None:
    """Start a test cell worth this many points; what an earlier cell left unfinished is dropped."""
    refuse_inside_a_check("begin")
    require_points(exercise, points)
    current().close()
    caller = sys._getframe(1)
    names = caller.f_globals
    watched = [*names.values()] if backend.is_one_kernel() else []
    known = {id(part) for value in watched for part in parts_of(value)}
    _now[0] = cell = Cell(exercise, float(points), begun=True, known=known)
    cell.file = caller.f_code.co_filename
    unsolved.learn(exercise, cell.file)
    cell.take_names(names)
    if (here := shell()) is not None:
        cell.streams.enter_context(stderr_to_stdout())
        _show_floats_in_full(here)


def hidden() -> None:
    """Mark the checks that follow as hidden: they show label, points and hint, and keep the rest to themselves."""
    refuse_inside_a_check("hidden")
    current().hidden = True
    current().fall_silent()


def score() -> float:
    """The points earned, a plain float; under nbgrader's Validate raises ChecksFailed when a check failed."""
    refuse_inside_a_check("score")
    result = report()
    reports[result.exercise] = result
    current().close()
    execution, here = os.environ.get("NBGRADER_EXECUTION"), shell()
    if here is not None and here.ast_node_interactivity == "none":
        raise ChecksFailed(
            "this notebook sets ast_node_interactivity to 'none', which hides the score: remove that line"
        )
    if here is not None and execution == "autograde":
        here.display_pub.publish(data={MIMETYPE: result.data()})
    if execution == "validate" and result.failures:
        raise ChecksFailed(result.summary())
    return result.earned


def report() -> CellReport:
    """What the current (or just finished) test cell has found so far."""
    cell = current()
    return CellReport(cell.exercise, cell.points, tuple(cell.results))


def current() -> Cell:
    """The test cell that runs now."""
    return _now[0]


def keep(*values: object) -> None:
    """Keep values alive until the test cell ends."""
    if current().begun:
        current().kept.extend(values)


def require_points(name: str, points: Any) -> None:
    """Raise ValueError unless the points are a finite number of at least 0."""
    if not (isinstance(points, int | float) and 0 <= points < math.inf):
        raise ValueError(f"{name}: points must be a number of at least 0, not {points!r}")


def refuse_inside_a_check(name: str) -> None:
    """Raise CheckFailed when a check is running: only student's code could call `name` there."""
    if current().active:
        raise CheckFailed(f"checks.{name}() was called while a check was running")


def _show_floats_in_full(here: Any) -> None:
    """Undo %precision until the cell ends (nbgrader reads the score as Jupyter shows it), then tidy up."""
    formatter = here.display_formatter.formatters["text/plain"]
    before = formatter.float_precision
    formatter.float_precision = ""

    def on_cell_end(*_: Any) -> None:
        here.events.unregister("post_run_cell", on_cell_end)
        formatter.float_precision = before
        current().active = False
        current().close()

    here.events.register("post_run_cell", on_cell_end)
