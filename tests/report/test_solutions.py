"""`course feedback --solutions`: worked solutions on the pages, after the deadline alone."""

from datetime import UTC, datetime, timedelta

import pytest

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.gradebook import deadline
from course.report.feedback import write_feedback
from course.report.solutions import after_deadline
from tests.conftest import TINY
from tests.report.test_feedback import assert_nothing_hidden, graded, record

DUE = datetime(2026, 1, 31, 18, tzinfo=UTC)


def explain(folder: CourseFolder) -> None:
    path = folder.lessons / TINY / "lesson.py"
    reasoning = (
        '\n# %% [markdown] explains="twice"\n# Adding a number to itself <script>alert(1)</script> makes two of it.\n'
    )
    path.write_text(path.read_text("utf-8") + reasoning, "utf-8")


def test_a_page_has_each_solution_with_its_reasoning_below_the_test(tiny_course: CourseFolder) -> None:
    explain(tiny_course)
    graded(tiny_course, "mira", record())
    plain = write_feedback(tiny_course, TINY)[0].pages[0].read_text("utf-8")
    assert "worked solution" not in plain
    solutions = after_deadline(tiny_course, TINY, None)
    page = write_feedback(tiny_course, TINY, worked=solutions)[0].pages[0].read_text("utf-8")
    assert_nothing_hidden(page)
    assert page.count("<summary>a worked solution</summary>") == len(solutions) == 2
    assert "Adding a number to itself" in page
    assert page.index("a worked solution") > page.index('id="twice_tests"')


def test_nobody_sees_a_solution_while_somebody_may_hand_in(tiny_course: CourseFolder) -> None:
    deadline.set_due(tiny_course, TINY, DUE, {"mira": timedelta(days=2)})
    for before in (DUE - timedelta(days=9), DUE + timedelta(days=1)):
        with pytest.raises(CourseError, match=r"extensions included.*--now"):
            after_deadline(tiny_course, TINY, before)
    assert set(after_deadline(tiny_course, TINY, DUE + timedelta(days=2))) == {"twice", "area"}


def test_a_deadline_that_nobody_has_set_is_not_over(tiny_course: CourseFolder) -> None:
    with pytest.raises(CourseError, match=f"course collect {TINY} --deadline.*--now"):
        after_deadline(tiny_course, TINY, DUE)
    assert after_deadline(tiny_course, TINY, None)


def test_an_assignment_without_a_lesson_has_no_solutions(tiny_course: CourseFolder) -> None:
    with pytest.raises(CourseError, match="holds no ps1"):
        after_deadline(tiny_course, "ps1", None)
