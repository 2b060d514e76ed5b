"""Runs a lesson's cells in a process of its own, for verify: `python -m course.authoring.running CELLS RESULTS`.

CELLS is a JSON list of sources, each with whether it is an answer. RESULTS gets one JSON line a cell as it ends, so
that a cell which takes the process down is known by what is missing. The code is the author's and is trusted: nothing
here protects against it.
"""

from __future__ import annotations

import json
import linecache
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from types import ModuleType, TracebackType
from typing import TYPE_CHECKING

from course.cloze.magic import as_python

if TYPE_CHECKING:
    from course.authoring.handing import Handing

_TEST = "checks.begin("


@dataclass(frozen=True)
class Ran:
    """How one cell ended: the error and the cell and row (both from 0) where it was raised, or the checks it made.

    A test cell also has what it gave to an answer and cannot hand over, by row.
    """

    error: str
    cell: int
    row: int
    checks: tuple[tuple[str, str], ...]  # label, message ("" when passed)
    seconds: float
    handed: tuple[tuple[int, str], ...] = ()


def run(cells: Sequence[tuple[str, bool]]) -> Iterator[Ran]:
    """Run the cells in order in one namespace; stops after the first that raises."""
    module = ModuleType("__main__")
    sys.modules["__main__"] = module
    answers = frozenset(_filename(index) for index, (_, is_answer) in enumerate(cells) if is_answer)
    for index, (source, _) in enumerate(cells):
        name = _filename(index)
        handing = _handing(name, answers) if source.startswith(_TEST) else None
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        start = time.perf_counter()
        try:
            with handing.watched() if handing else nullcontext():
                exec(compile(as_python(source), name, "exec", dont_inherit=True), module.__dict__)
        except BaseException as error:
            cell, row = _place(error.__traceback__, index)
            said = " ".join(str(error).split()) or "no message"
            yield Ran(f"{type(error).__name__}: {said}", cell, row, (), time.perf_counter() - start)
            return
        handed = tuple(handing.found.items()) if handing else ()
        yield Ran("", index, 0, _checks(source), time.perf_counter() - start, handed)


def _handing(name: str, answers: frozenset[str]) -> Handing:
    from course.authoring.handing import Handing  # which brings torch, as the tests' own checks do

    return Handing(name, answers)


def _filename(index: int) -> str:
    return f"<cell {index}>"


def _place(trace: TracebackType | None, index: int) -> tuple[int, int]:
    """The innermost cell and row of a traceback."""
    for frame in reversed(traceback.extract_tb(trace)):
        if frame.filename.startswith("<cell "):
            return int(frame.filename[6:-1]), (frame.lineno or 1) - 1
    return index, 0


def _checks(source: str) -> tuple[tuple[str, str], ...]:
    """What the checks of a test cell said."""
    if not source.startswith(_TEST):
        return ()
    from course import checks

    return tuple((check.label, " ".join(check.message.split())) for check in checks.report().checks)


def main(cells: str, results: str) -> None:
    sources = json.loads(Path(cells).read_text("utf-8"))
    with open(results, "w", encoding="utf-8") as file:
        for ran in run(sources):
            file.write(json.dumps(asdict(ran)) + "\n")
            file.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
