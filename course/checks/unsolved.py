"""A cell that meets an answer still to be given says so in one line, and the notebook runs on.

Only in a notebook that somebody has open: under nbgrader such a cell fails as any other, because a test cell that
comes to its end has earned its points.
"""

from __future__ import annotations

import os
import symtable
from types import FrameType, TracebackType
from typing import Any

from course.checks.capture import shell
from course.checks.fault import BLANK, is_unfilled

KINDS = (NotImplementedError, NameError, AttributeError, TypeError, ImportError)  # what a blank may raise


class Unsolved:
    """What one kernel knows of its exercises: who binds which name, and which names wait for whom."""

    def __init__(self, here: Any) -> None:
        self.here = here
        self.exercises: dict[str, str] = {}  # the name of an answer: its exercise
        self.waiting: dict[str, str] = {}  # a name that a cell would have bound: the answer that it waited for
        self.tests: set[str] = set()  # the files that test cells are, as tracebacks name them
        self.met: BaseException | None = None
        self._others, self._other_handler = here.custom_exceptions, getattr(here, "CustomTB", None)

    def watch(self) -> None:
        """From now on, be asked when a cell ends with an error."""
        self.here.set_custom_exc((*self._others, *KINDS), self._ended)
        self.here.events.register("post_run_cell", self._after)

    def learn(self, exercise: str, tests: str) -> None:
        """Note which names the cell above the test cell of an exercise binds."""
        self.tests.add(tests)
        cells = self.here.user_ns.get("In", [])
        if len(cells) > 1:
            self.exercises |= dict.fromkeys(self._bound(cells[-2]), exercise)

    def is_outdated(self, answer: str) -> bool:
        """Whether another text that binds the same names as this answer ran last."""
        names, ran = self._bound(answer), self.here.user_ns.get("In", [])
        last = next((source for source in reversed(ran) if names and names <= self._bound(source)), None)
        return last is not None and last.strip() != self.here.transform_cell(answer).strip()

    def line(self, error: BaseException, trace: TracebackType | None) -> str:
        """What to say in place of the traceback; empty for an error that has another cause."""
        if isinstance(error, NameError) and error.name in self.waiting and error.name not in self.here.user_ns:
            return self._wait_for(self.waiting[error.name])
        frames = _own(self.here.user_ns, trace)
        if not frames or not is_unfilled(error) or any(frame.f_code.co_filename in self.tests for frame in frames):
            return ""
        answer = _outermost_name(frames[-1])
        if answer == "<module>":
            return f"This cell waits for your answer: write it in place of {BLANK} or NotImplementedError."
        return self._wait_for(answer)

    def _bound(self, source: str) -> set[str]:
        """The names that a cell may bind; none where it is not Python."""
        try:
            found = symtable.symtable(self.here.transform_cell(source), "cell", "exec").get_symbols()
        except (SyntaxError, ValueError):
            return set()
        return {one.get_name() for one in found if one.is_assigned() or one.is_imported() or one.is_namespace()}

    def _wait_for(self, answer: str) -> str:
        if not answer:
            return "An answer further up brings this cell to life: give it, then run the cells from there on again."
        if answer in self.exercises:
            return f"Exercise {self.exercises[answer]!r} brings this cell to life: write `{answer}`, then run it again."
        return f"`{answer}` brings this cell to life: write it, then run this cell again."

    def _ended(self, here: Any, kind: type, error: BaseException, trace: Any, tb_offset: int | None = None) -> Any:
        line = "" if os.environ.get("NBGRADER_EXECUTION") else self.line(error, trace)
        if line:
            print(line)
            self.met = error
            return None
        if self._other_handler is not None and isinstance(error, self._others):
            return self._other_handler(kind, error, trace, tb_offset)
        lines = here.InteractiveTB.structured_traceback(kind, error, trace, tb_offset=tb_offset)
        here._showtraceback(kind, error, lines)
        return lines

    def _after(self, result: Any) -> None:
        """Count a cell that waits as run, so that the cells below it run too; remember what it would have bound."""
        error, self.met = self.met, None
        if error is None or result.error_in_exec is not error:
            return
        result.error_in_exec = None
        if isinstance(error, NameError) and error.name in self.waiting:
            answer = self.waiting[error.name]
        else:
            answer = _outermost_name(_own(self.here.user_ns, error.__traceback__)[-1])
        missing = self._bound(result.info.raw_cell) - self.here.user_ns.keys()
        self.waiting |= dict.fromkeys(missing, "" if answer == "<module>" else answer)


_kernels: list[Unsolved] = []


def watch() -> None:
    """Begin, in a notebook's kernel, and once; elsewhere do nothing."""
    here = shell()
    if here is not None and hasattr(here, "set_custom_exc") and not _kernels:
        _kernels.append(Unsolved(here))
        _kernels[0].watch()


def learn(exercise: str, tests: str) -> None:
    """Note which answers this exercise asks for: its test cell, which begins, is the file `tests` in tracebacks."""
    for kernel in _kernels:
        kernel.learn(exercise, tests)


def is_outdated(answer: str) -> bool:
    """Whether this kernel ran another text of an answer since."""
    return any(kernel.is_outdated(answer) for kernel in _kernels)


def _own(names: dict[str, Any], trace: TracebackType | None) -> list[FrameType]:
    """The frames that run a notebook's own code, the innermost last."""
    frames = []
    while trace is not None:
        if trace.tb_frame.f_globals is names:
            frames.append(trace.tb_frame)
        trace = trace.tb_next
    return frames


def _outermost_name(frame: FrameType) -> str:
    """The name of the function or class in the cell that a frame belongs to; `<module>` for the cell itself."""
    return frame.f_code.co_qualname.partition(".")[0]


watch()  # whoever imports the checks into a notebook has exercises in it
