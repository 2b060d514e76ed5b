"""Feedback pages of graded notebooks, through nbgrader's own GenerateFeedback; nothing is executed here."""

import subprocess
import sys
import warnings
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_notebook, new_output
from nbgrader.api import Gradebook

from course.authoring.notebook import fill
from course.checks import CellReport, CheckResult
from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.run import grade
from course.grading.verdict import stored
from course.grading.verdict.model import CellVerdict, SubmissionVerdict, outputs_of
from course.grading.verdict.reading import verdicts_in
from course.report.feedback import write_feedback
from course.report.page import _highlighted
from tests.conftest import hand_in

TINY = "01_tiny"
SECRET = "-4711"


def graded(folder: CourseFolder, student: str, test_outputs: list[NotebookNode], answer: str = "x = 1") -> None:
    """Put a notebook into autograded/ as a grader leaves it, and the student into the gradebook."""
    notebook = nbformat.read(folder.source / TINY / f"{TINY}.ipynb", as_version=4)
    notebook = fill(notebook, {"twice": answer, "area": "area = 1", "why": "It is $x^2$ <script>alert(1)</script>"})
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id", ""): cell for cell in notebook.cells}
    cells["twice_tests"].outputs = test_outputs
    cells["twice"].outputs = [
        new_output("stream", name="stdout", text="mine\nchecks.equal(twice(number), number + number)\n")
    ]
    target = folder.autograded / student / TINY
    target.mkdir(parents=True)
    nbformat.write(notebook, target / f"{TINY}.ipynb")
    with warnings.catch_warnings(action="ignore"), Gradebook(folder.db_url, "clozegrad") as gradebook:
        gradebook.update_or_create_student(student)
        gradebook.update_or_create_submission(TINY, student)
        gradebook.find_grade("twice_tests", TINY, TINY, student).auto_score = 1.0
        gradebook.find_grade("why", TINY, TINY, student).needs_manual_grade = True
        gradebook.db.commit()


def record(message: str = f"ValueError: {SECRET}") -> list[NotebookNode]:
    checks = (
        CheckResult("twice two is four", 1, 1, printed="got 2"),
        CheckResult("any whole number", 2, 0, True, "What about numbers below zero?", message, f"got {SECRET}"),
    )
    stream = new_output("stream", name="stdout", text=f"got {SECRET}\n")
    return [stream, *outputs_of(CellVerdict("twice_tests", 3, 1.0, "partial", CellReport("twice", 3, checks)))]


def assert_nothing_hidden(page: str) -> None:
    for secret in (SECRET, "rng.integer", "number + number", "900_000_000", "Because two is positive", "<script"):
        assert secret not in page


def test_a_page_shows_the_result_of_each_check_and_nothing_hidden(tiny_course: CourseFolder) -> None:
    graded(tiny_course, "mira", record())
    (feedback,) = write_feedback(tiny_course, TINY)
    page = feedback.pages[0].read_text("utf-8")
    assert_nothing_hidden(page)
    for shown in ("any whole number", "What about numbers below zero?", "got 2", "to be graded", "<math"):
        assert shown in page


def test_a_page_says_that_an_answer_did_not_come_to_its_end_and_not_how(
    tiny_course: CourseFolder, tiny_release: NotebookNode
) -> None:
    hand_in(tiny_course, "mira", tiny_release, twice="import os\nos._exit(3)", area="area = width * height")
    hand_in(tiny_course, "noor", tiny_release, twice="def twice(number):\n    return 3", area="area = 1 / 0")
    hand_in(tiny_course, "omar", tiny_release)
    grade(tiny_course, TINY, jobs=1)
    pages = {one.student: one.pages[0].read_text("utf-8") for one in write_feedback(tiny_course, TINY)}
    assert {who: page.count("Your answer did not come to its end") for who, page in pages.items()} == {
        "mira": 1,
        "noor": 1,
        "omar": 0,  # what is blank
    }


def test_a_mark_is_shown_though_it_is_to_be_looked_at_again(tiny_course: CourseFolder) -> None:
    graded(tiny_course, "mira", record())
    with Gradebook(tiny_course.db_url, "clozegrad") as gradebook:
        gradebook.find_grade("why", TINY, TINY, "mira").manual_score = 1.0
        gradebook.db.commit()
    (feedback,) = write_feedback(tiny_course, TINY)
    assert "to be graded" not in feedback.pages[0].read_text("utf-8")


def test_nbgraders_own_command_hides_the_same(tiny_course: CourseFolder) -> None:
    graded(tiny_course, "mira", record())
    (tiny_course.autograded / "mira" / TINY / "other.verdict.json").write_text(SECRET)
    command = [sys.executable, "-m", "nbgrader", "generate_feedback", TINY]
    done = subprocess.run(command, cwd=tiny_course.root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in (tiny_course.feedback / "mira" / TINY).iterdir()] == [f"{TINY}.html"]
    page = (tiny_course.feedback / "mira" / TINY / f"{TINY}.html").read_text("utf-8")
    assert_nothing_hidden(page)
    assert "any whole number" in page


def test_a_page_says_what_the_verdict_says_whatever_the_outputs_say(tiny_course: CourseFolder) -> None:
    graded(tiny_course, "mira", record())
    path = tiny_course.autograded / "mira" / TINY / f"{TINY}.ipynb"
    report = CellReport("twice", 3, (CheckResult("as the verdict has it", 3, 0, True, told="expected an int"),))
    cells = tuple(
        replace(cell, report=report) if cell.grade_id == "twice_tests" else cell
        for cell in verdicts_in(nbformat.read(path, as_version=4))
    )
    verdict = SubmissionVerdict("mira", TINY, cells, (), "namespaces", 1.0, new_notebook())
    stored.beside(path).write_text(stored.text_of(tiny_course, verdict, path.read_text("utf-8")), "utf-8")
    page = write_feedback(tiny_course, TINY)[0].pages[0].read_text("utf-8")
    assert "as the verdict has it" in page
    assert "any whole number" not in page
    stored.beside(path).write_text("{}")
    assert "is damaged" in write_feedback(tiny_course, TINY)[0].problem


def test_a_traceback_into_hidden_lines_stays_hidden(tiny_course: CourseFolder) -> None:
    frame = "----> 7     checks.equal(twice(number), number + number)"
    error = new_output("error", ename="ValueError", evalue=SECRET, traceback=["Traceback", frame, SECRET])
    graded(tiny_course, "mira", [error])
    page = write_feedback(tiny_course, TINY)[0].pages[0].read_text("utf-8")
    assert_nothing_hidden(page)
    assert "A hidden test did not pass." in page


def test_a_course_without_our_configuration_gets_the_same_pages(tiny_course: CourseFolder) -> None:
    (tiny_course.root / "nbgrader_config.py").write_text("c = get_config()\n")
    graded(tiny_course, "mira", record())
    folder = CourseFolder(tiny_course.root)
    assert_nothing_hidden(write_feedback(folder, TINY)[0].pages[0].read_text("utf-8"))


def test_one_notebook_that_cannot_be_shown_does_not_stop_the_others(tiny_course: CourseFolder) -> None:
    graded(tiny_course, "mira", record())
    graded(tiny_course, "noor", record())
    (tiny_course.autograded / "mira" / TINY / f"{TINY}.ipynb").write_text("{")
    mira, noor = write_feedback(tiny_course, TINY)
    assert mira.problem
    assert not mira.pages
    assert noor.pages


def test_only_the_students_asked_for_get_pages(tiny_course: CourseFolder) -> None:
    graded(tiny_course, "mira", record())
    graded(tiny_course, "noor", record())
    assert [each.student for each in write_feedback(tiny_course, TINY, ["noor"])] == ["noor"]
    assert not (tiny_course.feedback / "mira").exists()


def test_what_two_pages_share_is_highlighted_once(tiny_course: CourseFolder) -> None:
    graded(tiny_course, "mira", record())
    graded(tiny_course, "noor", record(), answer="x = 'hers alone'")
    _highlighted.cache_clear()
    write_feedback(tiny_course, TINY, ["mira"])
    before = _highlighted.cache_info().misses
    (noor,) = write_feedback(tiny_course, TINY, ["noor"])
    assert before > 1
    assert _highlighted.cache_info().misses == before + 1
    assert "hers alone" in noor.pages[0].read_text("utf-8")


@pytest.mark.parametrize(("lesson", "students"), [("02_none", None), (TINY, ["nobody"])])
def test_what_is_not_graded_is_said_in_one_sentence(
    tiny_course: CourseFolder, lesson: str, students: list[str] | None
) -> None:
    graded(tiny_course, "mira", record())
    with pytest.raises(CourseError, match=f"course grade {lesson}"):
        write_feedback(tiny_course, lesson, students)


def test_the_pages_open_without_a_network_in_a_browser(tiny_course: CourseFolder, tmp_path: Path) -> None:
    graded(tiny_course, "mira", record())
    page = write_feedback(tiny_course, TINY)[0].pages[0].read_text("utf-8")
    assert "default-src 'none'" in page
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org/1998/Math/MathML", "")


def test_a_page_that_was_handed_in_counts_as_none_and_does_not_stay(tiny_course: CourseFolder) -> None:
    graded(tiny_course, "mira", record())
    here = tiny_course.autograded / "mira" / TINY
    for name in ("better.html", f"{TINY} .html", "more.HTM"):
        (here / name).write_text("<h1>full marks</h1>")
    (mira,) = write_feedback(tiny_course, TINY)
    assert [page.name for page in mira.pages] == [f"{TINY}.html"]
    kept = [path.name for path in mira.pages[0].parent.iterdir() if path.suffix.lower().startswith(".htm")]
    assert kept == [f"{TINY}.html"]
