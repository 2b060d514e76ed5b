"""Which hand-ins need not be graded again: what an earlier run found stands while all that it rests on is as it was.

Two things are held against it: the sealed verdict beside the graded notebook, which says what it rests on, and the
gradebook, which has to have its scores.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.submission.files import HandIn
from course.grading.verdict import stored
from course.grading.verdict.model import Grounds, SubmissionVerdict
from course.grading.writing import held

Earlier = Callable[[HandIn, Grounds], SubmissionVerdict | None]


def found(folder: CourseFolder, ready: Callable[[], object]) -> Earlier:
    """What looks for an earlier verdict that stands; `ready` returns when the gradebook is up to date.

    A late penalty is brought up to date with it, since a deadline may have moved.
    """

    def earlier(hand_in: HandIn, grounds: Grounds) -> SubmissionVerdict | None:
        path = folder.autograded / hand_in.student / hand_in.exam.lesson / f"{hand_in.exam.name}.ipynb"
        if not stored.beside(path).is_file():
            return None
        ready()
        from course.grading.gradebook.record import stands  # imported with the rest of it while others are graded

        with held(path.parent):
            verdict = last(folder, path)
            if verdict is None or not _is_of(verdict, hand_in) or verdict.disturbed or verdict.grounds != grounds:
                return None
            return replace(verdict, kept=True) if stands(folder, verdict) else None

    return earlier


def _is_of(verdict: SubmissionVerdict, hand_in: HandIn) -> bool:
    """Whether a verdict is on this hand-in, and was not copied here from another's."""
    about = verdict.student, verdict.lesson, verdict.name
    return about == (hand_in.student, hand_in.exam.lesson, hand_in.exam.name)


def last(folder: CourseFolder, path: Path) -> SubmissionVerdict | None:
    """The verdict that this course last gave on a graded notebook; None where there is none, or a damaged one."""
    with suppress(CourseError, OSError):
        return stored.read_beside(folder, path)
    return None
