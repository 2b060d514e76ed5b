"""`course similar`: its table and its page, and what both take care to say."""

import pytest
from typer.testing import CliRunner

from course.cli import app
from course.folder import CourseFolder
from course.grading.gradebook.record import ensure_assignment
from course.similarity.page import page_of
from course.similarity.pairs import pairs
from course.similarity.prints import compared
from course.similarity.run import ADVICE
from tests.report.classpage.test_page import EVIL, WHEN, Elements
from tests.report.classpage.test_writing import TINY, grade
from tests.similarity.test_pairs import ODD, work

TWICE = ODD.replace("norm", "twice")


def similar(folder: CourseFolder) -> str:
    return CliRunner().invoke(app, ["similar", TINY, "--course", str(folder.root)], catch_exceptions=False).stdout


@pytest.fixture
def course(tiny_course: CourseFolder) -> CourseFolder:
    ensure_assignment(tiny_course, TINY)
    grade(tiny_course, "ada", passed=True, answer="def twice(number):\n    return number * 2")
    grade(tiny_course, "ben", passed=False, answer=TWICE)
    grade(tiny_course, "cem", passed=False, answer=TWICE.replace("squares", "s"))
    return tiny_course


def test_the_table_names_the_pair_and_accuses_nobody(course: CourseFolder) -> None:
    said = similar(course)
    assert "ben, cem" in said
    assert "ada" not in said
    assert "Similar is not copied" in said
    for word in ("plagiar", "cheat", "suspicio", "caught"):
        assert word not in said.lower()
    page = (course.reports / f"{TINY}.similar.html").read_text("utf-8")
    assert ADVICE in page
    assert "<mark>" in page


def test_the_same_class_gives_the_same_table_each_time(course: CourseFolder) -> None:
    assert similar(course) == similar(course)


def test_a_class_in_which_nothing_is_alike_is_told_so(tiny_course: CourseFolder) -> None:
    ensure_assignment(tiny_course, TINY)
    grade(tiny_course, "ada", passed=True)
    grade(tiny_course, "ben", passed=True)
    assert "no two have more in common" in similar(tiny_course)


def test_nothing_that_a_student_wrote_becomes_an_element_of_the_page(tiny_course: CourseFolder) -> None:
    evil = f"{TWICE}\n# {EVIL}\n"
    prints = compared(tiny_course, TINY, [work(f"{EVIL}1", twice=evil), work(f"{EVIL}2", twice=evil)]).prints
    page = page_of(TINY, prints, pairs(prints, 10), ADVICE, WHEN)
    found = Elements(page)
    assert "mark" in found.tags
    assert not {"script", "img", "link", "iframe"} & {*found.tags}
    assert "default-src 'none'" in page
    assert "http" not in page.replace("http-equiv", "").replace("https://example.org/spy.png", "")


def test_nothing_graded_is_said_in_one_sentence(tiny_course: CourseFolder) -> None:
    done = CliRunner().invoke(app, ["similar", TINY, "--course", str(tiny_course.root)])
    assert f"run `course grade {TINY}`" in str(done.exception)
