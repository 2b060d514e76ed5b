"""The one way to grade: pick the engine, grade what students handed in, and save each verdict as it comes."""

import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import nbformat

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading import gradebook, jail, onekernel
from course.grading.engine import Engine
from course.grading.exam import exams_of
from course.grading.handin import handed_in, others, students_of
from course.grading.nursery import Nursery
from course.grading.verdicts import SubmissionVerdict

ENGINES = ("clozegrad", "nbgrader")
Progress = Callable[[SubmissionVerdict], None]


def grade(
    folder: CourseFolder,
    lesson: str,
    students: Sequence[str] | None = None,
    *,
    engine: str = "clozegrad",
    jobs: int | None = None,
    require_jail: bool = False,
    nursery: Nursery | None = None,
    on_progress: Progress | None = None,
) -> list[SubmissionVerdict]:
    """Grade a lesson's submissions, save each, and return the verdicts in the order of the students' names.

    A `nursery` that was started before is ready sooner. Raises CourseError when there is nothing to
    grade, or no jail where one is required.
    """
    if engine not in ENGINES:
        raise CourseError(f"there is no engine {engine!r}; use one of {', '.join(ENGINES)}")
    if engine == "nbgrader":
        if require_jail:
            raise CourseError("--engine nbgrader runs tests and student's code in one kernel: leave out --require-jail")
        return onekernel.grade(folder, lesson, students, on_progress)
    names = students_of(folder, lesson, students)
    rung = (jail.require(jail.rungs()[0]) if require_jail else jail.find_rung()).name
    exams = exams_of(folder, lesson)
    gradebook.ensure_assignment(folder, lesson)
    verdicts = []
    with Engine(folder, exams, jobs=jobs, rung=rung, nursery=nursery) as running:
        for verdict in running.grade(handed_in(folder, exams, names)):
            save(folder, verdict)
            verdicts.append(verdict)
            if on_progress:
                on_progress(verdict)
    return sorted(verdicts, key=lambda verdict: (verdict.student, verdict.name))


def save(folder: CourseFolder, verdict: SubmissionVerdict) -> None:
    """Write the executed notebook and the student's other files to autograded/, then the gradebook, each at once.

    Raises CourseError, with the old files and points as they were, when a disk or a gradebook refuses.
    """
    target = folder.autograded / verdict.student / verdict.lesson
    path = target / f"{verdict.name}.ipynb"
    try:
        target.mkdir(parents=True, exist_ok=True)
        _copy_others(folder.submitted / verdict.student / verdict.lesson, target)
        _clear(path, keep=path.is_file())
        _write(path, nbformat.writes(verdict.notebook))
    except OSError as error:
        raise CourseError(
            f"{path} cannot be written: {error.strerror or error}. What is graded so far is kept; make room or mend "
            f"that, and run `course grade {verdict.lesson}` again"
        ) from error
    gradebook.record(folder, verdict)


def _copy_others(handed: Path, target: Path) -> None:
    """Copy a student's other files; one that lies in a folder named like a notebook would stand in that one's way."""
    for path in others(handed):
        place = path.relative_to(handed)
        if not any(part.endswith(".ipynb") for part in place.parts):
            for folder in reversed((target / place).parents[: len(place.parts) - 1]):
                _clear(folder, keep=folder.is_dir())
                folder.mkdir(exist_ok=True)
            _clear(target / place, keep=(target / place).is_file())
            shutil.copyfile(path, target / place)


def _clear(path: Path, *, keep: bool) -> None:
    """Take out of the way what an earlier hand-in left where something of another kind comes now."""
    if path.is_symlink() or (path.exists() and not keep and not path.is_dir()):
        path.unlink()
    elif path.exists() and not keep:
        shutil.rmtree(path)


def _write(path: Path, text: str) -> None:
    """Replace a file at once, so that a crash leaves the old one."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
