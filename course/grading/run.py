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
from course.grading.handin import handed_in, students_of
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
    on_progress: Progress | None = None,
) -> list[SubmissionVerdict]:
    """Grade a lesson's submissions, save each, and return the verdicts in the order of the students' names.

    Raises CourseError when there is nothing to grade, or no jail where one is required.
    """
    if engine not in ENGINES:
        raise CourseError(f"there is no engine {engine!r}; use one of {', '.join(ENGINES)}")
    if engine == "nbgrader":
        if require_jail:
            raise CourseError("--engine nbgrader runs tests and student's code in one kernel: leave out --require-jail")
        return onekernel.grade(folder, lesson, students, on_progress)
    names = students_of(folder, lesson, students)
    rung = (jail.require(jail.rungs()[0]) if require_jail else jail.find_rung()).name
    verdicts = []
    with Engine(folder, exams_of(folder, lesson), jobs=jobs, rung=rung) as running:
        gradebook.ensure_assignment(folder, lesson)
        for verdict in running.grade(handed_in(folder, running.exams, names)):
            save(folder, verdict)
            verdicts.append(verdict)
            if on_progress:
                on_progress(verdict)
    return sorted(verdicts, key=lambda verdict: (verdict.student, verdict.name))


def save(folder: CourseFolder, verdict: SubmissionVerdict) -> None:
    """Write the executed notebook and the student's other files to autograded/, then the gradebook, each at once."""
    target = folder.autograded / verdict.student / verdict.lesson
    target.mkdir(parents=True, exist_ok=True)
    handed = folder.submitted / verdict.student / verdict.lesson
    for path in handed.rglob("*"):
        if path.suffix != ".ipynb" and path.is_file() and not path.is_symlink():
            copy = target / path.relative_to(handed)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, copy)
    _write(target / f"{verdict.name}.ipynb", nbformat.writes(verdict.notebook))
    gradebook.record(folder, verdict)


def _write(path: Path, text: str) -> None:
    """Replace a file at once, so that a crash leaves the old one."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(name, 0o644)
    os.replace(name, path)
