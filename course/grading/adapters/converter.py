"""nbgrader's converters (GenerateAssignment, Autograde, GenerateFeedback) as a function that says why it failed."""

import contextlib
import glob
import logging
import os
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

from nbgrader.converters import BaseConverter
from nbgrader.preprocessors import NbGraderPreprocessor

from course.errors import CourseError
from course.folder import CourseFolder


def convert(kind: type[BaseConverter], folder: CourseFolder, lesson: str, student: str, **traits: str) -> None:
    """Convert one student's notebooks of a lesson, also where that was done before; CourseError says why it failed.

    Args:
        traits: what the CourseDirectory shall have in place of the course's own, such as `submitted_directory`.
    """
    coursedir = folder.coursedir()
    coursedir.assignment_id, coursedir.student_id = glob.escape(lesson), glob.escape(student)
    for trait, value in traits.items():
        setattr(coursedir, trait, value)
    reasons = _Reasons()
    with warnings.catch_warnings(), own_tools(), folder.stood_in():
        warnings.simplefilter("ignore")
        converter = kind(coursedir=coursedir, config=folder.config, log=reasons.log)
        converter.force = True
        try:
            converter.start()
        except Exception as error:
            reason = reasons.first or error
            raise CourseError(_sentence(reason)) from reason
        except SystemExit as error:  # how nbgrader leaves when it cannot read a timestamp.txt
            raise CourseError(reasons.text) from error


def folder_of(step: NbGraderPreprocessor) -> CourseFolder:
    """The course that a step of nbgrader's works on, as that command is configured; CourseError when it is in none."""
    above = getattr(step.parent, "parent", None)
    coursedir = getattr(step.parent, "coursedir", None) or getattr(above, "coursedir", None)
    if coursedir is None:
        return CourseFolder.find()
    return CourseFolder(Path(coursedir.root).resolve(), step.config)


@contextlib.contextmanager
def own_tools() -> Iterator[None]:
    """Let nbgrader find the `alembic` command beside this Python: to make a gradebook it calls it by its bare name."""
    path = os.environ.get("PATH", os.defpath)
    os.environ["PATH"] = os.pathsep.join([os.path.dirname(sys.executable), path])
    try:
        yield
    finally:
        os.environ["PATH"] = path


def _sentence(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


class _Reasons(logging.Handler):
    """Keeps the first exception that nbgrader logs: the one it raises in the end only points to the log."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.first: BaseException | None = None
        self.text = "nbgrader stopped without a reason"
        self.log = logging.Logger("clozegrad.nbgrader", logging.ERROR)
        self.log.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        self.text = record.getMessage()
        self.first = self.first or sys.exc_info()[1]
