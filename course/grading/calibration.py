"""Find out beforehand which tests can be graded apart from the student's code, by the course's own answers and blank.

Both are graded apart, the tests in a process of their own, and together, as under nbgrader. A test that comes out the
same goes on being graded apart; the others run together with the student's code. What was found is kept in the course's
.cache/ folder, under a hash of all that it rests on. Tests written with `course.checks` need none of this: they are
written for the boundary, and `course build` and `course audit` hold them to it.
"""

import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Literal

import nbformat
from nbformat import NotebookNode

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading import cached
from course.grading.cells import is_test
from course.grading.plan.exam import Exam
from course.grading.submission.repair import released, repair
from course.grading.system import threads
from course.grading.verdict.model import CellVerdict, SubmissionVerdict
from course.grading.version import engine_hash

KIND = "ways"
Way = Literal["apart", "together"]
Examine = Callable[[Exam, NotebookNode], SubmissionVerdict]
_ROUNDS = 3  # of trying both ways in one notebook, before all its tests run together
_AMONG = "later tests depend on what it leaves behind"


@dataclass(frozen=True)
class CellWay:
    """How one test cell is graded, and why not apart or what is wrong with it; no reason is the best news."""

    grade_id: str
    way: Way
    reason: str = ""


@dataclass(frozen=True)
class Tried:
    """What one notebook earned in one way, by grade_id."""

    cells: Mapping[str, CellVerdict]

    def earned(self, grade_id: str) -> float:
        return self.cells[grade_id].earned or 0.0


def calibrated(folder: CourseFolder, exams: Sequence[Exam], jobs: int, examine: Examine) -> list[Exam]:
    """The exams, each told which of its tests to grade together.

    Args:
        jobs: how many notebooks are tried at once.
        examine: grades a notebook whose structure is the source's as one handed in.
    """
    with ThreadPoolExecutor(jobs) as pool:
        found = [threads.submit(pool, partial(_calibrated, folder, exam, examine)) for exam in exams]
        return [future.result() for future in found]


def ways(exam: Exam) -> list[CellWay]:
    """How each test of a calibrated exam is graded, in the source's order."""
    ids = [cell.metadata["nbgrader"]["grade_id"] for cell in exam.source.cells if is_test(cell)]
    return [CellWay(name, "together" if name in exam.together else "apart", exam.reasons.get(name, "")) for name in ids]


def summary(exams: Sequence[Exam]) -> list[str]:
    """What an instructor should know: a line for tests graded together, one for tests that their own answer fails."""
    every = [(exam, way) for exam in exams for way in ways(exam)]
    together = [way for _, way in every if way.way == "together"]
    wrong = [f"{exam.name}: {way.grade_id}: {way.reason}" for exam, way in every if way.way == "apart" and way.reason]
    lines = []
    if together:
        lines.append(
            f"{len(together)} of {len(every)} tests run in the process of the student's code, which could tamper with "
            f"them; `course ways {exams[0].lesson}` says which and why, --require-apart refuses"
        )
    if wrong:
        lines.append("the source fails its own tests: " + "; ".join(wrong[:3]) + ("; ..." if wrong[3:] else ""))
    return lines


def require_apart(exams: Iterable[Exam]) -> None:
    """Raise CourseError, which names the cells and the reasons, when a test would run in the student's process."""
    every = [(exam.name, way) for exam in exams for way in ways(exam)]
    found = [f"{name}: {way.grade_id} ({way.reason})" for name, way in every if way.way == "together"]
    if found:
        raise CourseError(
            f"{len(found)} tests cannot be graded apart from the student's code: {'; '.join(found[:5])}"
            + ("; ..." if len(found) > 5 else "")
            + ". Change them so that they judge by data, or grade without --require-apart"
        )


def _calibrated(folder: CourseFolder, exam: Exam, examine: Examine) -> Exam:
    if exam.tests_use_checks:
        return exam
    path, key = cached.place(folder, KIND, exam.lesson, exam.name), _key(exam)
    found = _kept(path, key)
    if found is None:
        found = _Trial(exam, examine).run()
        cached.keep(path, key, {"cells": [asdict(cell) for cell in found]})
    together = [cell.grade_id for cell in found if cell.way == "together"]
    return exam.graded(together, {cell.grade_id: cell.reason for cell in found if cell.reason})


class _Trial:
    """The gradings of one notebook's own answers and blank."""

    def __init__(self, exam: Exam, examine: Examine) -> None:
        self._exam, self._examine = exam, examine
        self._tests = [cell.metadata["nbgrader"]["grade_id"] for cell in exam.source.cells if is_test(cell)]
        blank = exam.release or released(exam.source)
        self._right, self._blank = (
            repair(nbformat.writes(node).encode(), exam.source, exam.release).notebook for node in (exam.source, blank)
        )

    def run(self) -> list[CellWay]:
        """Each way of each test: apart where that changes nothing for either notebook."""
        self._right_wanted, right = self._graded_both_ways(self._right)
        reasons = self._losses(right) | self._chance()
        if len(reasons) < len(self._tests):
            self._blank_wanted, blank = self._graded_both_ways(self._blank)
            reasons = self._changes(blank) | reasons
        for _ in range(_ROUNDS):
            if not 0 < len(reasons) < len(self._tests) or not (more := self._differences(reasons)):
                break
            reasons = self._with(reasons, more)
        else:
            reasons = {name: reasons.get(name, _AMONG) for name in self._tests}
        return [self._way(name, reasons) for name in self._tests]

    def _chance(self) -> dict[str, str]:
        """The tests that would be judged by another draw than the answers are: one trial cannot tell how that ends."""
        return {name: needs.unrepeatable for name, needs in self._exam.plan.tests.items() if needs.unrepeatable}

    def _differences(self, together: Iterable[str]) -> dict[str, str]:
        """Why tests are not graded as they should be when these are graded together and the others apart."""
        names = list(together)
        changes = self._changes(self._graded(self._blank, names))
        return changes | self._losses(self._graded(self._right, names))

    def _with(self, reasons: dict[str, str], more: Mapping[str, str]) -> dict[str, str]:
        """Besides, those that differ beside these; and where those are among them, what came before them."""
        last = max((self._tests.index(name) for name in more if name in reasons), default=0)
        before = dict.fromkeys(self._tests[:last], _AMONG)
        return {**before, **more, **reasons}

    def _graded_both_ways(self, notebook: NotebookNode) -> tuple[Tried, Tried]:
        """What it earns with all tests together and with all apart, tried at once."""
        with ThreadPoolExecutor(1) as pool:
            together = threads.submit(pool, partial(self._graded, notebook, self._tests))
            apart = self._graded(notebook, ())
            return together.result(), apart

    def _graded(self, notebook: NotebookNode, together: Iterable[str]) -> Tried:
        verdict = self._examine(self._exam.graded(together), notebook)
        if verdict.repairs:  # the reason why nothing could be run, since there was nothing to repair
            raise CourseError(f"{self._exam.name}: the course's own notebook could not be tried: {verdict.repairs[0]}")
        return Tried({cell.grade_id: cell for cell in verdict.cells})

    def _losses(self, right: Tried) -> dict[str, str]:
        """The tests that take points from the course's own answer, and why."""
        reasons: dict[str, str] = {}
        for name in self._tests:
            got, wanted = right.earned(name), self._right_wanted.earned(name)
            if got < wanted:
                why = _why(right.cells[name])
                reasons[name] = f"apart, the course's own answer gets {got:g} of {wanted:g}: {why}"
        return reasons

    def _changes(self, blank: Tried) -> dict[str, str]:
        """The tests that give the notebook as released other points."""
        pairs = {name: (blank.earned(name), self._blank_wanted.earned(name)) for name in self._tests}
        return {
            name: f"apart, the notebook as released gets {got:g}, not {wanted:g}"
            for name, (got, wanted) in pairs.items()
            if got != wanted
        }

    def _way(self, name: str, reasons: Mapping[str, str]) -> CellWay:
        if name in reasons:
            return CellWay(name, "together", reasons[name])
        right = self._right_wanted.cells[name]
        short = right.points - (right.earned or 0.0)
        lost = f"the course's own answer loses {short:g} points: {_why(right)}" if short > 0 else ""
        return CellWay(name, "apart", lost)


def _why(cell: CellVerdict) -> str:
    return cell.message.split("\n")[0][:200] or cell.ending


def _key(exam: Exam) -> str:
    """A hash of all that a calibration rests on: the notebooks, the files beside them, limits, engine and Python."""
    parts = [nbformat.writes(exam.source), nbformat.writes(exam.release) if exam.release else ""]
    parts += [json.dumps(asdict(exam.limits)), sys.version, engine_hash(), str(exam.tells_apart)]
    whole = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass"))
    for name, content in sorted(exam.files.items()):
        whole.update(name.encode("utf-8", "surrogatepass") + b"\0" + hashlib.sha256(content).digest())
    return whole.hexdigest()


def _kept(path: Path, key: str) -> list[CellWay] | None:
    """What was found before; None when that was something else."""
    try:
        if (data := cached.known(path, key)) is None:
            return None
        return [CellWay(str(cell["grade_id"]), _way(cell["way"]), str(cell["reason"])) for cell in data["cells"]]
    except (ValueError, KeyError, TypeError):
        return None


def _way(text: object) -> Way:
    if text == "apart" or text == "together":
        return text
    raise ValueError(f"{text!r} is not a way of grading")
