"""Whoever grades leaves the verdict beside the notebook: nbgrader's own command, and its one kernel."""

import subprocess
import sys

import pytest
from nbformat import NotebookNode

from course.folder import CourseFolder
from course.grading.adapters import onekernel
from course.grading.verdict import stored
from course.grading.verdict.reading import verdicts_in
from tests.conftest import TINY, hand_in

WRONG = "def twice(number):\n    return 2 * abs(number)"


@pytest.fixture
def course(tiny_course: CourseFolder, tiny_release: NotebookNode) -> CourseFolder:
    hand_in(tiny_course, "mira", tiny_release, twice=WRONG, area="area = (", why="Because.")
    return tiny_course


@pytest.mark.slow
def test_nbgraders_own_command_leaves_the_verdict_of_the_engine(course: CourseFolder) -> None:
    command = [sys.executable, "-m", "nbgrader", "autograde", TINY]
    forged = course.submitted / "mira" / TINY / f"{TINY}.verdict.json"
    forged.write_text("{}")
    forged.chmod(0o444)
    for _ in range(2):  # the second time nbgrader's own files are in the way
        done = subprocess.run([*command, "--force"], cwd=course.root, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        path = course.autograded / "mira" / TINY / f"{TINY}.ipynb"
        verdict = stored.read_beside(course, path)
        assert verdict is not None
        assert {cell.grade_id: cell.earned for cell in verdict.cells} == {
            "twice_tests": 1,
            "area_tests": 0,
            "why": None,
        }
        assert [(one.grade_id, one.error) for one in verdict.answers] == [("area", "SyntaxError")]
        assert verdict.jail != onekernel.JAIL


@pytest.mark.slow
def test_one_kernel_leaves_its_verdict(course: CourseFolder) -> None:
    (graded,) = onekernel.grade(course, TINY)
    path = course.autograded / "mira" / TINY / f"{TINY}.ipynb"
    verdict = stored.read_beside(course, path)
    assert verdict is not None
    assert verdict.jail == onekernel.JAIL
    assert [cell.earned for cell in verdict.cells] == [cell.earned for cell in graded.cells] == [1, 0, None]
    assert [(cell.report, cell.raised) for cell in verdict.cells] == [
        (cell.report, cell.raised) for cell in verdicts_in(graded.notebook)
    ]
    assert [(one.grade_id, one.error) for one in verdict.answers] == [("area", "SyntaxError")]
