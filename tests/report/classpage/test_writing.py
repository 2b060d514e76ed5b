"""`course report` on a graded class: the page, what is kept of it, and one comment for a cluster."""

import json
import stat
import warnings
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from typer.testing import CliRunner

from course.authoring.notebook import fill
from course.cli import app
from course.folder import CourseFolder
from course.grading.gradebook.record import ensure_assignment, record
from course.grading.verdict import stored
from course.grading.verdict.model import CellVerdict, SubmissionVerdict
from course.results import CellReport, CheckResult

TINY = "01_tiny"
ABS = "def twice(number):\n    return 2 * abs(number)"


def grade(folder: CourseFolder, student: str, *, passed: bool, answer: str = ABS) -> None:
    """Leave what grading leaves of a hand-in."""
    source = nbformat.read(folder.source / TINY / f"{TINY}.ipynb", as_version=4)
    notebook = fill(source, {"twice": answer, "area": "area = 1", "why": "Because."})
    report = CellReport(
        "twice", 3, (CheckResult("any whole number", 2, 2.0 * passed, True, message="" if passed else "got 7"),)
    )
    cells = (
        CellVerdict("twice_tests", 3, report.earned, "passed" if passed else "failed", report),
        CellVerdict("area_tests", 1, 0.0, "timeout"),
        CellVerdict("why", 2, None, "manual"),
    )
    verdict = SubmissionVerdict(student, TINY, cells, (), "namespaces", 1.0, notebook)
    path = folder.autograded / student / TINY / f"{TINY}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(nbformat.writes(notebook), "utf-8")
    stored.beside(path).write_text(stored.text_of(folder, verdict, path.read_text("utf-8")), "utf-8")
    with warnings.catch_warnings(action="ignore"):
        record(folder, verdict)


@pytest.fixture
def course(tiny_course: CourseFolder) -> CourseFolder:
    ensure_assignment(tiny_course, TINY)
    grade(tiny_course, "ada", passed=True)
    for student in ("ben", "cem"):
        grade(tiny_course, student, passed=False)
    return tiny_course


def report(folder: CourseFolder, *more: str) -> str:
    done = CliRunner().invoke(app, ["report", TINY, "--course", str(folder.root), *more], catch_exceptions=False)
    return done.stdout


def cluster(folder: CourseFolder) -> str:
    """The name of the only cluster of `twice`, as the page has it."""
    text = (folder.reports / f"{TINY}.html").read_text("utf-8")
    return next(part.split('"')[0] for part in text.split('id="twice-')[1:])


def comments(folder: CourseFolder) -> dict[str, str | None]:
    with warnings.catch_warnings(action="ignore"), Gradebook(folder.db_url, "clozegrad") as gradebook:
        return {one: gradebook.find_comment("twice", TINY, TINY, one).manual_comment for one in ("ada", "ben", "cem")}


def test_the_page_is_written_for_its_owner_alone(course: CourseFolder) -> None:
    assert "about 3 hand-ins" in report(course)
    page = course.reports / f"{TINY}.html"
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert "any whole number" in page.read_text("utf-8")
    assert json.loads((course.reports / f"{TINY}.json").read_text())["points"] == {"ada": 3.0, "ben": 0.0, "cem": 0.0}


def test_the_next_page_says_what_changed(course: CourseFolder) -> None:
    report(course)
    grade(course, "ben", passed=True)
    report(course)
    assert '<th scope="row">ben</th><td>0</td><td>3</td>' in (course.reports / f"{TINY}.html").read_text("utf-8")


def test_a_notebook_that_lies_beside_the_graded_one_is_not_read(course: CourseFolder) -> None:
    for name in ("better", "a"):
        (course.autograded / "ben" / TINY / f"{name}.ipynb").write_text("{}")
    report(course)
    assert json.loads((course.reports / f"{TINY}.json").read_text())["points"]["ben"] == 0.0


def test_points_that_a_person_gave_count(course: CourseFolder) -> None:
    with warnings.catch_warnings(action="ignore"), Gradebook(course.db_url, "clozegrad") as gradebook:
        gradebook.find_grade("why", TINY, TINY, "ada").manual_score = 2.0
        gradebook.db.commit()
    report(course)
    assert json.loads((course.reports / f"{TINY}.json").read_text())["points"]["ada"] == 5.0


def test_one_comment_goes_to_everybody_in_a_cluster_once_and_below_what_stands_there(course: CourseFolder) -> None:
    report(course)
    name = f"twice-{cluster(course)}"
    with warnings.catch_warnings(action="ignore"), Gradebook(course.db_url, "clozegrad") as gradebook:
        gradebook.find_comment("twice", TINY, TINY, "cem").manual_comment = "Nearly."
        gradebook.db.commit()
    with warnings.catch_warnings(action="ignore"):
        for _ in range(2):
            assert (
                report(course, "--comment", name, "Think of numbers below zero.")
                == "commented for 2 students: ben, cem\n"
            )
    said = "Think of numbers below zero."
    assert comments(course) == {"ada": None, "ben": said, "cem": f"Nearly.\n\n{said}"}


def test_one_score_goes_to_everybody_in_a_cluster_whom_nobody_has_scored(course: CourseFolder) -> None:
    report(course)
    name = f"twice-{cluster(course)}"
    with warnings.catch_warnings(action="ignore"), Gradebook(course.db_url, "clozegrad") as gradebook:
        gradebook.find_grade("twice_tests", TINY, TINY, "cem").manual_score = 0.5
        gradebook.db.commit()
    with warnings.catch_warnings(action="ignore"):
        said = report(course, "--score", name, "1.5")
    assert said == "scored 1 student: ben\nleft as a person had scored them: cem\n"
    report(course)
    points = json.loads((course.reports / f"{TINY}.json").read_text())["points"]
    assert points == {"ada": 3.0, "ben": 1.5, "cem": 0.5}


def test_points_that_an_exercise_does_not_have_are_refused_for_all(course: CourseFolder) -> None:
    report(course)
    arguments = ["report", TINY, "--course", str(course.root), "--score", f"twice-{cluster(course)}", "4"]
    with warnings.catch_warnings(action="ignore"):
        done = CliRunner().invoke(app, arguments)
    assert "between 0 and 3 points, not 4" in str(done.exception)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [("twice-000000", "x", "there are: twice-"), ("nothing", "x", "no cluster"), ("twice-1", " ", "is empty")],
)
def test_a_comment_that_cannot_be_placed_says_why(course: CourseFolder, name: str, text: str, told: str) -> None:
    done = CliRunner().invoke(app, ["report", TINY, "--course", str(course.root), "--comment", name, text])
    assert told in str(done.exception)
    assert set(comments(course).values()) == {None}


def test_nothing_graded_is_said_in_one_sentence(tiny_course: CourseFolder, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["report", TINY, "--course", str(tiny_course.root)])
    assert f"run `course grade {TINY}`" in str(done.exception)
    assert not tiny_course.reports.exists()
