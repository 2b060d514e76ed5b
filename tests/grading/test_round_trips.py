"""A notebook goes to the editors and platforms that students use, and what comes back is graded by the command line."""

import csv
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from course.authoring import selfstudy
from course.authoring.lesson import read
from course.authoring.notebook import fill
from course.folder import CourseFolder
from course.grading.verdict import stored
from tests.conftest import TINY, hand_in
from tests.grading.editors import EDITORS, UNTOLD

pytestmark = pytest.mark.slow

ANSWERS = {
    "twice": "def twice(number):\n    return number + number",
    "area": "area = width * height",
    "why": "Since two is **positive**.",
}


def test_what_comes_back_from_each_editor_keeps_all_points_and_the_note_says_what_was_repaired(
    tiny_course: CourseFolder, tmp_path: Path
) -> None:
    release = fill(nbformat.read(tiny_course.release / TINY / f"{TINY}.ipynb", as_version=4), ANSWERS)
    for student, save in EDITORS.items():
        hand_in(tiny_course, student, save(release))
    own = selfstudy.generate(
        read(tiny_course.lessons / TINY), tiny_course.release / TINY, tmp_path / "selfstudy" / TINY
    )
    hand_in(tiny_course, "selfstudy", nbformat.read(own / f"{TINY}.ipynb", as_version=4), **ANSWERS)
    command = [sys.executable, "-m", "course", "grade", TINY, "--csv", str(tmp_path / "table.csv")]
    done = subprocess.run(command, cwd=tiny_course.root, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    with (tmp_path / "table.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert set(rows) == {*EDITORS, "selfstudy"}
    assert {student: row["points"] for student, row in rows.items()} == dict.fromkeys(rows, "4"), (
        rows
    )  # `why` waits for a person
    told = {student for student in rows if _repairs(tiny_course, student)}
    assert told == set(EDITORS) - UNTOLD
    for student in told:
        assert all(_repairs(tiny_course, student)), student
    graded = nbformat.read(tiny_course.autograded / "kaggle" / TINY / f"{TINY}.ipynb", as_version=4)
    assert ANSWERS["why"] in [cell.source for cell in graded.cells]


def _repairs(folder: CourseFolder, student: str) -> tuple[str, ...]:
    verdict = stored.read_beside(folder, folder.autograded / student / TINY / f"{TINY}.ipynb")
    assert verdict is not None
    return verdict.repairs
