"""A Gradescope autograder, run in its own container's layout: zip file, setup, submission, results."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from typer.testing import CliRunner

from course.authoring.notebook import fill
from course.cli import app
from course.errors import CourseError
from course.export.gradescope import write_gradescope
from course.export.results import results
from course.folder import CourseFolder
from course.grading.verdict.model import CellVerdict, SubmissionVerdict
from course.results import CellReport, CheckResult
from tests.conftest import TINY

RIGHT = "def twice(number):\n    return 2 * number"
WITHOUT_SIGN = "def twice(number):\n    return 2 * abs(number)"


def container(folder: CourseFolder, root: Path) -> Path:
    """What Gradescope makes of the zip file: /autograder, here below another root."""
    write_gradescope(folder, TINY)
    with zipfile.ZipFile(folder.exports / f"{TINY}.gradescope.zip") as archive:
        archive.extractall(root / "source")
    (root / "submission").mkdir()
    (root / "results").mkdir()
    (root / "submission_metadata.json").write_text(json.dumps({"users": [{"email": "ada@uni.example", "id": 1}]}))
    return root


def run(root: Path) -> dict[str, object]:
    """Run the script as the container does."""
    environment = os.environ | {"AUTOGRADER_ROOT": str(root), "AUTOGRADER_PYTHON": sys.executable}
    environment["PYTHONPATH"] = str(root / "source" / "package")
    done = subprocess.run(["bash", root / "source" / "run_autograder"], cwd=root, env=environment, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    return dict(json.loads((root / "results/results.json").read_bytes()))


def submit(root: Path, notebook: NotebookNode, name: str = f"{TINY}.ipynb", **answers: str) -> None:
    (root / "submission" / name).write_text(nbformat.writes(fill(notebook, answers)), "utf-8")


def verdict(*cells: CellVerdict, repairs: tuple[str, ...] = ()) -> SubmissionVerdict:
    return SubmissionVerdict("ada", TINY, cells, repairs, "namespaces", 1.6, nbformat.v4.new_notebook())


def test_the_container_grades_a_submission_and_hides_what_is_hidden(
    tiny_course: CourseFolder, tiny_release: NotebookNode, tmp_path: Path
) -> None:
    root = container(tiny_course, tmp_path / "autograder")
    submit(root, tiny_release, "my work.ipynb", twice=WITHOUT_SIGN, area="area = width * height", why="Because.")
    found = run(root)
    tests = {test["name"]: test for test in found["tests"]}  # type: ignore[attr-defined]
    assert {name: (test["score"], test["max_score"], test["visibility"]) for name, test in tests.items()} == {
        "twice": (1.0, 1.0, "visible"),
        "twice (hidden tests)": (0.0, 2.0, "after_published"),
        "area": (1.0, 1.0, "visible"),
    }
    assert "What about numbers below zero?" in tests["twice (hidden tests)"]["output"]
    assert "number + number" not in json.dumps(found)
    assert "expected -" not in tests["twice (hidden tests)"]["output"]
    assert "1 written answers, worth 2 points" in str(found["output"])


def test_a_submission_that_is_no_notebook_gets_results_that_say_so(tiny_course: CourseFolder, tmp_path: Path) -> None:
    root = container(tiny_course, tmp_path / "autograder")
    (root / "submission" / f"{TINY}.ipynb").write_bytes(b"")
    found = run(root)
    assert sum(test["score"] for test in found["tests"]) == 0  # type: ignore[attr-defined]
    assert "it is empty" in json.dumps(found)


def test_an_empty_submission_gets_results_too(tiny_course: CourseFolder, tmp_path: Path) -> None:
    found = run(container(tiny_course, tmp_path / "autograder"))
    assert found.get("score", 0) == 0
    assert "Traceback" not in json.dumps(found)


def test_the_zip_file_has_its_scripts_at_the_top_and_nobodys_work_or_secret(tiny_course: CourseFolder) -> None:
    tiny_course.seed("ada", TINY)  # makes the course's secret
    (tiny_course.submitted / "ada" / TINY).mkdir(parents=True)
    (tiny_course.submitted / "ada" / TINY / f"{TINY}.ipynb").write_text("{}")
    write_gradescope(tiny_course, TINY)
    with zipfile.ZipFile(tiny_course.exports / f"{TINY}.gradescope.zip") as archive:
        names = archive.namelist()
        texts = b"".join(archive.read(name) for name in names)
        for script in ("setup.sh", "run_autograder"):
            assert archive.getinfo(script).external_attr >> 16 & 0o111
    assert {name.split("/")[0] for name in names} == {
        "class",
        "clozegrad.json",
        "package",
        "run_autograder",
        "setup.sh",
    }
    assert {name.split("/")[1] for name in names if name.startswith("class/")} == {
        ".course_secret",
        "nbgrader_config.py",
        "release",
        "source",
    }
    assert not [name for name in names if "__pycache__" in name]
    assert (tiny_course.root / ".course_secret").read_bytes().strip() not in texts


def test_the_same_lesson_makes_the_same_file(tiny_course: CourseFolder, tmp_path: Path) -> None:
    made = [write_gradescope(tiny_course, TINY, tmp_path / name).path.read_bytes() for name in ("a.zip", "b.zip")]
    assert made[0] == made[1]


def test_the_scripts_are_bash(tiny_course: CourseFolder, tmp_path: Path) -> None:
    root = container(tiny_course, tmp_path / "autograder")
    for script in ("setup.sh", "run_autograder"):
        assert subprocess.run(["bash", "-n", root / "source" / script]).returncode == 0


def test_the_points_of_both_entries_add_up_whatever_promise_was_broken() -> None:
    checks = (
        CheckResult("small", 1, 1),
        CheckResult("large", 2, 2, hidden=True),
        CheckResult("no trace", 0, -1, hidden=True, message="secret 4711"),
    )
    report = CellReport("norm", 3, checks)
    found = results([verdict(CellVerdict("norm_tests", 3, report.earned, "partial", report))], "visible")
    assert sum(test["score"] for test in found["tests"]) == report.earned == 2
    assert sum(test["max_score"] for test in found["tests"]) == 3
    assert "4711" not in json.dumps(found)


@pytest.mark.parametrize("earned", [0.0, 0.5, 1.0, 3.0])
def test_no_entry_has_less_than_nothing(earned: float) -> None:
    checks = (CheckResult("small", 2, 2), CheckResult("large", 1, 0, hidden=True, message="no"))
    cell = CellVerdict("norm_tests", 3, earned, "partial", CellReport("norm", 3, checks))
    scores = [test["score"] for test in results([verdict(cell)], "visible")["tests"]]
    assert min(scores) >= 0
    assert sum(scores) == pytest.approx(earned)


def test_repairs_and_endings_are_told() -> None:
    cells = (CellVerdict("a_tests", 1, 0.0, "timeout"), CellVerdict("b_tests", 1, 0.0, "blank"))
    found = results([verdict(*cells, repairs=("a test was missing: put back",))], "visible")
    assert [test["output"] for test in found["tests"]] == ["timeout", "not answered"]
    assert "a test was missing" in found["output"]


def test_an_unknown_visibility_or_lesson_is_refused(tiny_course: CourseFolder) -> None:
    with pytest.raises(CourseError, match="after_published, after_due_date, visible"):
        write_gradescope(tiny_course, TINY, hidden="never")
    done = CliRunner().invoke(app, ["export", "gradescope", "02_none", "--course", str(tiny_course.root)])
    assert "holds no notebook" in str(done.exception)
    assert not tiny_course.exports.exists()
