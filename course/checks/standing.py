"""How far a student is in a notebook: each exercise with its points so far, what to look at, what to try next.

From the cells of the notebook as saved, and from what its test cells found when they ran.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course.checks import cell, unsolved
from course.checks.capture import shell
from course.checks.fault import NOT_FILLED_IN
from course.errors import CourseError
from course.handin.handing_in import HEADING, UNWRITTEN, as_released
from course.handin.handing_in import hand_in as hand_in_file
from course.results import CellReport, CheckResult

_MINUTES = re.compile(r"about (\d+) minutes?")
_BEGIN = re.compile(
    r"""^checks\.begin\(\s*(?:exercise\s*=\s*)?(['"])(.+?)\1\s*,\s*(?:points\s*=\s*)?(\d+(?:\.\d+)?)""", re.MULTILINE
)
_SHORT = 44  # characters of a title


@dataclass(frozen=True)
class Task:
    """An exercise as its notebook announces it; `minutes` is 0 where it does not say."""

    name: str
    title: str
    points: float
    minutes: int = 0


@dataclass(frozen=True)
class Plan:
    """The exercises of a notebook in order, and how many questions in words it asks and how many lack an answer.

    `untested` are the titles of exercises whose test cell is gone.
    """

    tasks: tuple[Task, ...] = ()
    questions: int = 0
    unwritten: int = 0
    untested: tuple[str, ...] = ()


def plan_of(cells: Iterable[tuple[str, str, bool]]) -> Plan:
    """What a notebook asks for.

    Args:
        cells: type, text, and whether it is an answer, of each cell.
    """
    tasks: dict[str, Task] = {}
    untested: list[str] = []
    title, minutes, questions, unwritten = "", 0, 0, 0
    for cell_type, source, is_answer in cells:
        if cell_type != "code":
            if headings := [*HEADING.finditer(source)]:
                untested += [title] * bool(title)
                title = headings[-1]["title"]
                said = _MINUTES.search(source, headings[-1].end())
                minutes = int(said[1]) if said else 0
            if is_answer:
                title = ""
                questions += 1
                unwritten += source.strip() in ("", UNWRITTEN)
        elif begun := _begun(source):
            name, points = begun
            tasks[name] = Task(name, title or name, points, minutes)
            title, minutes = "", 0
    return Plan(tuple(tasks.values()), questions, unwritten, (*untested, *[title] * bool(title)))


def exercise_of(source: str) -> str:
    """The exercise that a cell tests; empty for another cell."""
    begun = _begun(source)
    return begun[0] if begun else ""


def is_test(source: str) -> bool:
    """Whether a cell tests an exercise."""
    return _begun(source) is not None


def _begun(source: str) -> tuple[str, float] | None:
    """The exercise and points that a cell's `checks.begin("exercise", points=4)` names."""
    found = _BEGIN.search(source)
    return (found[2], float(found[3])) if found else None


@dataclass
class Progress:
    """A notebook's plan, and what its test cells found so far.

    `stopped` says of an exercise why its test found nothing; `untouched` are those whose answer is as it was released.
    """

    plan: Plan
    reports: Mapping[str, CellReport]
    stopped: Mapping[str, str] = field(default_factory=dict)
    untouched: frozenset[str] = frozenset()

    @property
    def earned(self) -> float:
        return sum(self.reports[task.name].earned for task in self.plan.tasks if task.name in self.reports)

    @property
    def possible(self) -> float:
        return sum(task.points for task in self.plan.tasks)

    def is_done(self, task: Task) -> bool:
        """Whether every check of the exercise that ran was passed."""
        report = self.reports.get(task.name)
        return report is not None and bool(report.checks) and not report.failures

    def is_begun(self, task: Task) -> bool:
        """Whether there is an answer: some check came further than to a blank."""
        if task.name in self.untouched:
            return False
        if task.name in self.stopped:
            return True
        report = self.reports.get(task.name)
        checks = report.checks if report else ()
        return any(not check.message.startswith(NOT_FILLED_IN) for check in checks if check.points or not check.passed)

    def lines(self) -> Iterator[str]:
        """What to show a student."""
        tasks = self.plan.tasks
        yield f"{self.earned:g} of {self.possible:g} points in the checks that you can see"
        yield ""
        width = max((len(_short(task.title)) for task in tasks), default=0)
        for task in tasks:
            yield f"{self._mark(task)} {_short(task.title):{width}}  {self._said(task)}".rstrip()
        for title in self.plan.untested:
            yield f"✗ {_short(title):{width}}  its test cell is gone: take it from a fresh copy of the notebook"
        if self.plan.questions:
            written = self.plan.questions - self.plan.unwritten
            mark = "○" if self.plan.unwritten else "✓"
            yield f"{mark} questions to answer in words: {written} of {self.plan.questions}"
        yield ""
        yield from self._advice()

    def _mark(self, task: Task) -> str:
        if task.name in self.stopped:
            return "✗"
        if task.name not in self.reports:
            return "·"
        report = self.reports[task.name]
        return "✓" if self.is_done(task) else "◐" if report.earned else "✗" if self.is_begun(task) else "○"

    def _said(self, task: Task) -> str:
        if task.name in self.stopped:
            return self.stopped[task.name]
        if task.name not in self.reports:
            return f"its test has not run; {task.points:g} points"
        of = f"{self.reports[task.name].earned:g} of {task.points:g}"
        return (
            of
            if self.is_done(task) or self.is_begun(task) or not task.minutes
            else f"{of}, about {_minutes(task.minutes)}"
        )

    def _fault(self, task: Task) -> Sequence[str]:
        """What to look at in an exercise that is begun: why its cell stops, else its first failed check."""
        if task.name in self.stopped:
            return [self.stopped[task.name]]
        return [*_first(self.reports[task.name].failures).lines()]

    def _advice(self) -> Iterator[str]:
        tasks = self.plan.tasks
        broken = [task for task in tasks if self.is_begun(task) and not self.is_done(task)]
        if broken:
            yield f"Look at first: {broken[0].title}"
            yield from (f"    {line}" for line in self._fault(broken[0]))
        untried = [task for task in tasks if not self.is_begun(task) and not self.is_done(task)]
        if untried:
            after = f", about {_minutes(untried[0].minutes)}" if untried[0].minutes else ""
            yield f"Next to try: {untried[0].title}{after}"
        left = sum(task.minutes for task in untried)
        if left:
            yield f"Left to try: about {_minutes(left)}"
        if tasks and not broken and not untried:
            yield "Every check that you can see has passed. Hidden ones run when your work is graded."


def _first(failures: Sequence[CheckResult]) -> CheckResult:
    """The failure to look at first: one that says more than that there is a blank."""
    return min(failures, key=lambda one: one.message.startswith(NOT_FILLED_IN))


def _minutes(count: int) -> str:
    return f"{count} minute{'s' if count != 1 else ''}"


def _short(title: str) -> str:
    return title if len(title) <= _SHORT else title[: _SHORT - 1].rstrip() + "…"


def progress() -> None:
    """Print how far you are in this notebook, by its test cells that have run since the kernel started."""
    here = shell()
    plan, untouched = _saved(here)
    if not plan.tasks:
        plan = plan_of(("code", source, False) for source in (here.user_ns["In"] if here else ()))
    print("\n".join(Progress(plan, cell.reports, untouched=untouched).lines()))


def hand_in(notebook: str | Path | None = None) -> None:
    """Say which answers of this notebook will be graded, and write a receipt beside its file.

    Args:
        notebook: its file, where this kernel does not know it.

    Raises:
        CourseError: the file is not known, or is older than what you have run since it was saved.
    """
    file = notebook or _file(shell())
    if not file:
        raise CourseError(
            "this kernel does not know its notebook's file: write checks.hand_in('NAME.ipynb'); in Colab, download the "
            "notebook and hand in that file"
        )
    print("\n".join(hand_in_file(Path(file), unsolved.is_outdated).lines()))


def _file(here: Any) -> str | None:
    """The notebook that this kernel belongs to, where that can be told (not in Colab)."""
    found = os.environ.get("JPY_SESSION_NAME") or (here.user_ns.get("__vsc_ipynb_file__") if here else None)
    return str(found) if found else None


def _saved(here: Any) -> tuple[Plan, frozenset[str]]:
    """The plan of this kernel's notebook as saved, and whose answers nobody has touched, there or in this kernel.

    Both are empty where the file cannot be told.
    """
    file = _file(here)
    try:
        cells = json.loads(Path(file).read_text("utf-8"))["cells"] if file else []
        plan = plan_of(
            (one["cell_type"], "".join(one["source"]), bool(one["metadata"].get("nbgrader", {}).get("solution")))
            for one in cells
        )
        untouched = [name for name, text in as_released(cells).items() if not unsolved.is_outdated(text)]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Plan(), frozenset()
    return plan, frozenset(untouched)
