import os
from pathlib import Path

import nbformat
import pytest

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.plan.exam import exams_of
from course.grading.submission.files import MAX_FILES_BYTES, HandIn, handed_in, handed_in_at, students_of
from course.grading.submission.parsing import Unreadable
from tests.grading.notebooks import filled, make_course, norms, released


@pytest.fixture
def folder(tmp_path: Path) -> CourseFolder:
    return make_course(tmp_path.resolve(), norms=norms())


def place(folder: CourseFolder, student: str) -> Path:
    here = folder.submitted / student / "ps1"
    here.mkdir(parents=True)
    return here


def the_hand_in(folder: CourseFolder, student: str) -> HandIn:
    (found,) = handed_in(folder, exams_of(folder, "ps1"), [student])
    return found


def test_students_come_in_the_order_of_their_names_and_only_once(folder: CourseFolder) -> None:
    for student in ("zoe", "ann"):
        place(folder, student)
    (folder.submitted / "readme.txt").write_text("no student")
    assert students_of(folder, "ps1") == ["ann", "zoe"]
    assert students_of(folder, "ps1", ["zoe", "zoe"]) == ["zoe"]


def test_whoever_handed_nothing_in_is_named(folder: CourseFolder) -> None:
    with pytest.raises(CourseError, match="nobody handed ps1 in"):
        students_of(folder, "ps1")
    place(folder, "ann")
    with pytest.raises(CourseError, match="bob handed nothing in"):
        students_of(folder, "ps1", ["bob"])


def test_a_renamed_notebook_is_found_when_it_is_the_only_one(folder: CourseFolder) -> None:
    here = place(folder, "ann")
    nbformat.write(norms(), here / "norms (1).ipynb")
    assert the_hand_in(folder, "ann").path == here / "norms (1).ipynb"
    nbformat.write(norms(), here / "scratch.ipynb")
    assert the_hand_in(folder, "ann").path == here / "norms (1).ipynb"


def test_a_link_is_no_notebook_and_no_file(folder: CourseFolder) -> None:
    here = place(folder, "ann")
    (here / "norms.ipynb").symlink_to(folder.source / "ps1/norms.ipynb")
    (here / "grades.db").symlink_to("/etc/passwd")
    (here / "all").symlink_to(folder.root)
    (here / "mine.csv").write_text("1,2")
    found = the_hand_in(folder, "ann")
    assert found.path is None
    assert found.files() == {"mine.csv": b"1,2"}


def test_files_in_folders_keep_their_place_and_giants_stay_behind(folder: CourseFolder) -> None:
    here = place(folder, "ann")
    (here / "data").mkdir()
    (here / "data/a.bin").write_bytes(b"a")
    with (here / "data/giant.bin").open("wb") as giant:
        os.truncate(giant.fileno(), MAX_FILES_BYTES + 1)
    assert the_hand_in(folder, "ann").files() == {"data/a.bin": b"a"}


def test_a_folder_anywhere_is_looked_at_as_a_students_is(folder: CourseFolder, tmp_path: Path) -> None:
    here = tmp_path / "elsewhere"
    (here / "deep").mkdir(parents=True)
    nbformat.write(norms(), here / "deep/norms (1).ipynb")
    (found,) = handed_in_at(here, exams_of(folder, "ps1"), "ann")
    assert (found.student, found.path) == ("ann", here / "deep/norms (1).ipynb")
    assert found.graded_file().place == "deep/norms (1).ipynb"


def test_of_several_files_the_graded_one_has_the_most_answers(folder: CourseFolder) -> None:
    here = place(folder, "ann")
    nbformat.write(released(norms()), here / "norms.ipynb")
    nbformat.write(filled(released(norms()), {"mean": "mean = 3\nspread = 5"}), here / "norms (1).ipynb")
    found = the_hand_in(folder, "ann")
    assert found.path == here / "norms.ipynb"
    assert found.graded_file().place == "norms (1).ipynb"
    with pytest.raises(Unreadable, match=r"no notebook norms\.ipynb was handed in"):
        the_hand_in(folder, "bob").graded_file()


def test_the_graded_file_may_be_a_copy_that_jupyter_kept(folder: CourseFolder) -> None:
    here = place(folder, "ann")
    for name in ("norms.ipynb", "norms (1).ipynb"):
        nbformat.write(released(norms()), here / name)
    (here / ".ipynb_checkpoints").mkdir()
    worked_on = filled(released(norms()), {"mean": "mean = 3\nspread = 5"})
    nbformat.write(worked_on, here / ".ipynb_checkpoints/norms-checkpoint.ipynb")
    assert the_hand_in(folder, "ann").graded_file().place == ".ipynb_checkpoints/norms-checkpoint.ipynb"
