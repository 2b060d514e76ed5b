"""A template repository for GitHub Classroom, and what its workflow tells the reporter."""

import base64
import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml
from nbformat import NotebookNode

from course.authoring.notebook import fill
from course.checks.standing import Plan, Progress, Task
from course.desk.classroom import payload
from course.errors import CourseError
from course.export.classroom import WORKFLOW, write_classroom
from course.folder import CourseFolder
from course.results import CellReport, CheckResult
from tests.conftest import TINY

INSTALL = "clozegrad[instructor] @ git+https://git.example/course"


def test_the_repository_holds_what_students_get_and_no_hidden_test(tiny_course: CourseFolder) -> None:
    written = write_classroom(tiny_course, TINY, install=INSTALL)
    files = sorted(path.relative_to(written.path).as_posix() for path in written.path.rglob("*") if path.is_file())
    assert files == [WORKFLOW.as_posix(), f"{TINY}.ipynb"]
    text = (written.path / f"{TINY}.ipynb").read_text("utf-8")
    assert text == (tiny_course.release / TINY / f"{TINY}.ipynb").read_text("utf-8")
    assert "number + number" not in text


def test_the_workflow_installs_checks_and_reports(tiny_course: CourseFolder) -> None:
    flow = yaml.safe_load((write_classroom(tiny_course, TINY, install=INSTALL).path / WORKFLOW).read_text("utf-8"))
    steps = flow["jobs"]["run-autograding-tests"]["steps"]
    runs = [step["run"] for step in steps if "run" in step]
    assert runs == [f"pip install '{INSTALL}'", f"python -m course.desk.classroom {TINY}.ipynb"]
    checking = next(step for step in steps if "course.desk.classroom" in step.get("run", ""))
    reporting = steps[-1]
    runner = reporting["with"]["runners"]
    assert reporting["env"] == {f"{runner.upper()}_RESULTS": f"${{{{ steps.{checking['id']}.outputs.result }}}}"}


def test_the_reporter_is_told_the_points_of_each_exercise() -> None:
    plan = Plan((Task("norm", "The norm", 3), Task("mean", "The mean", 2), Task("sum", "The sum", 1)))
    part = CellReport("norm", 3, (CheckResult("small", 1, 1), CheckResult("large", 2, 0, message="expected 4, got 3")))
    whole = CellReport("sum", 1, (CheckResult("any", 1, 1),))
    found = payload(Progress(plan, {"norm": part, "sum": whole}, {"mean": "its cell stops with NameError"}))
    assert (found["status"], found["max_score"]) == ("fail", 6)
    assert [(one["name"], one["status"], one["score"]) for one in found["tests"]] == [
        ("The norm", "fail", 1.0),
        ("The mean", "fail", 0.0),
        ("The sum", "pass", 1.0),
    ]
    assert "expected 4, got 3" in found["tests"][0]["message"]
    assert found["tests"][1]["message"] == "its cell stops with NameError"


def test_a_students_repository_is_checked_as_the_workflow_does(
    tiny_course: CourseFolder, tiny_release: NotebookNode, tmp_path: Path
) -> None:
    notebook = tmp_path / f"{TINY}.ipynb"
    notebook.write_text(nbformat.writes(fill(tiny_release, {"twice": "def twice(number):\n    return number * 2"})))
    command = [sys.executable, "-m", "course.desk.classroom", str(notebook)]
    output = tmp_path / "output"
    done = subprocess.run(command, env={"GITHUB_OUTPUT": str(output), "PATH": ""}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (line,) = output.read_text().splitlines()
    found = json.loads(base64.b64decode(line.removeprefix("result=")))
    assert [one["status"] for one in found["tests"]] == ["pass", "fail"]
    assert "points in the checks that you can see" in done.stdout


def test_a_notebook_that_is_not_there_fails_in_one_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "course.desk.classroom", str(tmp_path / "none.ipynb")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("lesson", "install", "told"), [("02_none", INSTALL, "run `course build 02_none`"), (TINY, "", "--install")]
)
def test_what_is_missing_is_named(tiny_course: CourseFolder, lesson: str, install: str, told: str) -> None:
    with pytest.raises(CourseError, match=told):
        write_classroom(tiny_course, lesson, install=install)


def test_nothing_is_overwritten(tiny_course: CourseFolder) -> None:
    write_classroom(tiny_course, TINY, install=INSTALL)
    with pytest.raises(CourseError, match="is not an empty folder"):
        write_classroom(tiny_course, TINY, install=INSTALL)
