"""The points of attempts, for whoever lets the best one count: each is graded, and only its points are kept."""

import hashlib
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

from course.collect.keeping import Attempt, Kept
from course.errors import CourseError
from course.folder import CourseFolder, notebooks_of
from course.grading.engine import Engine
from course.grading.plan.exam import Exam
from course.grading.submission.files import handed_in_at
from course.grading.system import threads

Key = tuple[str, int]  # a student, and the number of an attempt


def points_of(folder: CourseFolder, exams: Sequence[Exam], attempts: Iterable[Attempt], kept: Kept) -> dict[Key, float]:
    """What each attempt earns; those that were graded before by the same notebooks of the course are not again."""
    edition = _edition(folder, exams[0].lesson)
    found: dict[Key, float] = {}
    to_do: list[Attempt] = []
    for attempt in attempts:
        if attempt.about.points and attempt.about.points[1] == edition:
            found[attempt.student, attempt.about.number] = attempt.about.points[0]
        else:
            to_do.append(attempt)
    for attempt, points in zip(to_do, _graded(folder, exams, to_do), strict=True):
        kept.noted(attempt, replace(attempt.about, points=(points, edition)))
        found[attempt.student, attempt.about.number] = points
    return found


def _graded(folder: CourseFolder, exams: Sequence[Exam], attempts: Sequence[Attempt]) -> list[float]:
    if not attempts:
        return []
    if foreign := [exam for exam in exams if not exam.is_python]:
        raise CourseError(f"{foreign[0].name} is in {foreign[0].language}, not in Python: use another policy than best")
    with Engine(folder, exams) as engine, ThreadPoolExecutor(engine.jobs + 1) as pool:
        running = [threads.submit(pool, partial(_points, engine, attempt)) for attempt in attempts]
        return [future.result() for future in running]


def _points(engine: Engine, attempt: Attempt) -> float:
    hand_ins = handed_in_at(attempt.files, engine.exams, attempt.student)
    return sum(engine.grade_one(hand_in).points for hand_in in hand_ins)


def _edition(folder: CourseFolder, lesson: str) -> str:
    """A digest of the notebooks that a lesson is graded by."""
    whole = hashlib.sha256()
    for path in notebooks_of(folder, lesson):
        whole.update(path.read_bytes())
    return whole.hexdigest()[:16]
