"""Worked solutions in a notebook of the edition for self-study: shut until an exercise is solved, or tried twice."""

from __future__ import annotations

from course.checks import cell, tries
from course.checks.capture import shell
from course.checks.standing import exercise_of
from course.errors import CourseError
from course.worked import Worked, opened

ENOUGH = 2  # different answers, after which a student may ask
_held: dict[str, Worked] = {}


def sealed(exercise: str, text: str) -> None:
    """Show an exercise's worked solution when it has all points; before that, say what opens it."""
    _held[exercise] = worked = opened(text)
    if _is_solved(exercise):
        _show(worked)
    else:
        print(_shut(exercise))


def solution(exercise: str) -> None:
    """Show an exercise's worked solution: once it has all points, or after two different tries.

    A try is a run of the exercise's test, since the kernel started, with an answer that is not empty and not one of
    the earlier ones.

    Raises:
        CourseError: this notebook holds no solution of that exercise, or the cell that holds it has not run.
    """
    if exercise not in _held:
        others = f"; there is {', '.join(map(repr, _held))}" if _held else ""
        raise CourseError(
            f"there is no worked solution of {exercise!r} here{others}. In the edition for self-study, run the cell "
            "below the exercise's test first; the edition for classes holds none"
        )
    if _is_solved(exercise) or _tries(exercise) >= ENOUGH:
        _show(_held[exercise])
    else:
        print(_shut(exercise))


def _is_solved(exercise: str) -> bool:
    report = cell.reports.get(exercise)
    return report is not None and bool(report.checks) and not report.failures


def _tries(exercise: str) -> int:
    here = shell()
    if here is None:
        return 0
    ran = here.history_manager.input_hist_raw
    return tries.count(
        ran, lambda source: exercise_of(source) == exercise, _held[exercise].released, here.transform_cell
    )


def _shut(exercise: str) -> str:
    count = _tries(exercise)
    if count >= ENOUGH:
        return f"A worked solution opens here when {exercise!r} has all points, or by checks.solution({exercise!r})."
    so_far = f"{count or 'no'} {'try' if count == 1 else 'tries'} so far"
    return f"A worked solution of {exercise!r} opens when it has all points, or after two different tries: {so_far}."


def _show(worked: Worked) -> None:
    here = shell()
    if here is None:
        print(worked.markdown)
    else:
        here.display_pub.publish(data={"text/markdown": worked.markdown, "text/plain": worked.markdown})
