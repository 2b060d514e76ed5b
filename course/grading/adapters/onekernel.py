"""Grade with nbgrader's own Autograde: tests and student's code in one kernel, one submission after the other.

Nothing here protects the tests from the student's code (the clozegrad engine does that). What it adds to nbgrader: one
submission that fails never stops the others, a notebook that nbgrader cannot take gets a verdict that says why, and
cells that hang or kill the kernel keep to themselves (course.grading.adapters.execution).
"""

import contextlib
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.converters import Autograde
from nbgrader.preprocessors import Execute
from nbgrader.utils import parse_utc
from traitlets.utils.importstring import import_item

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.adapters.converter import convert
from course.grading.adapters.execution import SteadyExecute
from course.grading.adapters.preprocessors import RepairCells
from course.grading.gradebook.assignment import ensure_assignment
from course.grading.gradebook.record import record
from course.grading.plan.exam import exams_of
from course.grading.submission.files import HandIn, handed_in, students_of
from course.grading.submission.repair import Repaired, Unreadable
from course.grading.verdict import stored
from course.grading.verdict.marking import could_not_run
from course.grading.verdict.model import SubmissionVerdict
from course.grading.verdict.reading import broken_answers, verdicts_in

JAIL = "none (one kernel)"
Progress = Callable[[SubmissionVerdict], None]
Read = Repaired | Unreadable


def grade(
    folder: CourseFolder, lesson: str, students: Sequence[str] | None = None, on_progress: Progress | None = None
) -> list[SubmissionVerdict]:
    """Grade what students handed in, by default everyone's; a submission that fails is a verdict with the reason."""
    exams = exams_of(folder, lesson)
    names = students_of(folder, lesson, students)
    ensure_assignment(folder, lesson)
    verdicts: list[SubmissionVerdict] = []
    for _, hand_ins in groupby(handed_in(folder, exams, names), key=lambda hand_in: hand_in.student):
        for verdict in _graded(folder, list(hand_ins)):
            verdicts.append(verdict)
            if on_progress:
                on_progress(verdict)
    return verdicts


class OneKernel(Autograde):
    """nbgrader's Autograde that executes steadily in one kernel, whatever the course folder's configuration says."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.sanitize_preprocessors = [step for step in _classes(self.sanitize_preprocessors) if step != RepairCells]  # type: ignore[has-type]
        steps = _classes(self.autograde_preprocessors)  # type: ignore[has-type]
        self.autograde_preprocessors = [SteadyExecute if issubclass(step, Execute) else step for step in steps]


def _classes(steps: Iterable[Any]) -> list[type]:
    """Preprocessors, which a configuration may name by their import paths, as classes."""
    return [import_item(step) if isinstance(step, str) else step for step in steps]


def _graded(folder: CourseFolder, hand_ins: Sequence[HandIn]) -> list[SubmissionVerdict]:
    """The verdicts on one student's notebooks, which are then in the gradebook and in autograded/ too."""
    with tempfile.TemporaryDirectory(prefix="clozegrad-") as scratch:
        files = hand_ins[0].files()
        notes = _undated(files)
        read = [_read(hand_in, notes) for hand_in in hand_ins]
        _stage(hand_ins, read, files, Path(scratch))
        return [_verdict(folder, *pair, scratch) for pair in zip(hand_ins, read, strict=True)]


def _undated(files: dict[str, bytes]) -> tuple[str, ...]:
    """Take out a date that cannot be read, at which nbgrader would break, and note that."""
    text = files.get("timestamp.txt", b"").decode("utf-8", "replace").strip()
    try:
        parse_utc(text or None)
    except (ValueError, OverflowError):
        del files["timestamp.txt"]
        return (f"the date {text[:40]!r} in timestamp.txt cannot be read: treated as handed in on time",)
    return ()


def _read(hand_in: HandIn, notes: tuple[str, ...]) -> Read:
    """The notebook made whole, or the reason why there is none."""
    try:
        repaired = hand_in.repaired()
        return Repaired(repaired.notebook, (*notes, *repaired.notes))
    except Unreadable as error:
        return error


def _verdict(folder: CourseFolder, hand_in: HandIn, read: Read, scratch: str) -> SubmissionVerdict:
    start, exam = time.perf_counter(), hand_in.exam
    try:
        if isinstance(read, Unreadable):
            raise read
        convert(OneKernel, folder, exam.lesson, hand_in.student, submitted_directory=scratch, notebook_id=exam.name)
    except CourseError as error:
        return _not_graded(folder, hand_in, str(error))
    notebook = nbformat.read(_executed(folder, hand_in), as_version=4)
    cells, seconds = verdicts_in(notebook), time.perf_counter() - start
    about = hand_in.student, exam.lesson, cells, read.notes, JAIL, seconds, notebook, exam.name
    return _kept(folder, SubmissionVerdict(*about, answers=broken_answers(notebook)), _executed(folder, hand_in))


def _not_graded(folder: CourseFolder, hand_in: HandIn, reason: str) -> SubmissionVerdict:
    """A verdict of no points with its reason, also for nbgrader: the notebook as released takes the student's place."""
    verdict = could_not_run(hand_in.student, hand_in.exam, reason, JAIL)
    verdict.notebook.metadata["clozegrad"] = {"jail": JAIL, "problem": reason}
    path = _executed(folder, hand_in)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)  # nbgrader leaves its files read-only
    nbformat.write(verdict.notebook, path)
    _kept(folder, verdict, path)
    with contextlib.suppress(CourseError):  # such as a date that it cannot read
        record(folder, verdict)
    return verdict


def _kept(folder: CourseFolder, verdict: SubmissionVerdict, path: Path) -> SubmissionVerdict:
    """The verdict, which then stands beside its notebook as well."""
    kept = stored.beside(path)
    kept.unlink(missing_ok=True)  # nbgrader leaves what was handed in read-only
    kept.write_text(stored.text_of(folder, verdict, path.read_text("utf-8")), "utf-8")
    return verdict


def _executed(folder: CourseFolder, hand_in: HandIn) -> Path:
    return folder.autograded / hand_in.student / hand_in.exam.lesson / f"{hand_in.exam.name}.ipynb"


def _stage(hand_ins: Sequence[HandIn], read: Sequence[Read], files: dict[str, bytes], scratch: Path) -> None:
    """Lay out for nbgrader what it is to grade: the student's files, and the repaired notebooks for those handed in."""
    target = scratch / hand_ins[0].student / hand_ins[0].exam.lesson
    target.mkdir(parents=True)
    for name, data in files.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes(data)
    for hand_in, repaired in zip(hand_ins, read, strict=True):
        if isinstance(repaired, Repaired):
            notebook = repaired.notebook
            notebook.metadata["clozegrad"] = {"jail": JAIL, "repairs": list(repaired.notes)}
            nbformat.write(notebook, target / f"{hand_in.exam.name}.ipynb")
