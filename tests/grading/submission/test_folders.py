"""Which folder is a student's hand-in of a lesson, and what is said of all that is none."""

from pathlib import Path

import nbformat
import pytest

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.plan.exam import exams_of
from course.grading.run import grade
from course.grading.submission.files import HandIn, handed_in, others, place_of, students_of, without_hand_in
from tests.grading.notebooks import make_course
from tests.grading.shapes import POINTS, SHAPES, SOURCE, untouched
from tests.grading.submission.test_choosing import zipped

WORKED = SHAPES["honest"]


@pytest.fixture
def folder(tmp_path: Path) -> CourseFolder:
    made = make_course(tmp_path.resolve(), sheet=SOURCE)
    (made.source / "ps2").mkdir()
    nbformat.write(SOURCE, made.source / "ps2/other.ipynb")
    return made


def put(folder: CourseFolder, files: dict[str, bytes], student: str = "ann") -> None:
    for place, data in files.items():
        path = folder.submitted / student / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def the_hand_in(folder: CourseFolder) -> HandIn:
    (found,) = handed_in(folder, exams_of(folder, "ps1"), students_of(folder, "ps1"))
    return found


@pytest.mark.parametrize(
    "place",
    [
        "ps1 (1)",
        "ps1-copy",
        "Copy of ps1",
        "ps1 - Kopie",
        "Assignment ps1",
        "PS1_ann_final",
        "ann/ps1",
        "submission/ps1",
        "submission/PS1 (2)",
        "a/b/ps1",
        "submission",
        "homework 1",
        "ps3",
    ],
)
def test_a_folder_that_can_only_be_meant_is_taken_and_told(folder: CourseFolder, place: str) -> None:
    put(folder, {f"{place}/sheet.ipynb": WORKED, f"{place}/data/a.csv": b"1"})
    found = the_hand_in(folder)
    made = found.repaired()
    assert made.answered == 3
    assert f"the folder 'ps1' was expected: {place!r} is taken for it" in made.notes
    assert found.files() == {"data/a.csv": b"1"}
    assert [name for name, _ in others(folder, "ann", "ps1")] == ["data/a.csv"]


@pytest.mark.parametrize(
    "files",
    [
        {"homework.ipynb": WORKED},
        {"sheet.ipynb": WORKED},
        {"assignment.zip": zipped({"ps1/sheet.ipynb": WORKED})},
        {"ann.zip": zipped({"ann/ps1/Copy of sheet.ipynb": WORKED})},
    ],
)
def test_what_lies_loose_in_a_students_folder_is_found(folder: CourseFolder, files: dict[str, bytes]) -> None:
    put(folder, files)
    assert the_hand_in(folder).repaired().answered == 3


@pytest.mark.parametrize("copy", ["ps1 (1)", "ps1-old", "Copy of ps1"])
@pytest.mark.parametrize("is_copy_worked", [True, False])
def test_of_two_folders_the_worked_notebook_is_graded(folder: CourseFolder, copy: str, is_copy_worked: bool) -> None:
    put(folder, {"ps1/sheet.ipynb": untouched() if is_copy_worked else WORKED})
    put(folder, {f"{copy}/sheet.ipynb": WORKED if is_copy_worked else untouched(), f"{copy}/data.csv": b"1"})
    found = the_hand_in(folder)
    assert found.repaired().answered == 3
    assert f"'../{copy}/sheet.ipynb'" in found.repaired().notes[0]
    assert found.folder == place_of(folder, "ann", "ps1") == folder.submitted / "ann/ps1"


@pytest.mark.parametrize(
    ("files", "named"),
    [
        ({"assignment.zip": b"PK\x03\x04"}, "assignment.zip"),
        ({"holiday.jpg": b"1", "notes.txt": b"2"}, "holiday.jpg, notes.txt"),
        ({"bob/ps1/sheet.ipynb": WORKED, "cy/ps1/sheet.ipynb": WORKED}, "bob/ps1/sheet.ipynb, cy/ps1/sheet.ipynb"),
        ({"scratch.ipynb": b"{}"}, "scratch.ipynb"),
    ],
)
def test_what_lies_in_place_of_a_hand_in_is_named(folder: CourseFolder, files: dict[str, bytes], named: str) -> None:
    put(folder, files)
    put(folder, {"ps1/sheet.ipynb": WORKED}, "zoe")
    assert students_of(folder, "ps1") == ["zoe"]
    line = f"1 student has handed in no ps1; what lies there instead: ann ({named})"
    assert without_hand_in(folder, "ps1") == [line]
    with pytest.raises(CourseError, match=r"ann handed nothing in: .*; what lies there instead: "):
        students_of(folder, "ps1", ["ann"])


def test_notebooks_in_no_folder_of_a_student_are_named(folder: CourseFolder) -> None:
    folder.submitted.mkdir()
    for name in ("ann_sheet.ipynb", "all.zip", "README.txt"):
        (folder.submitted / name).write_bytes(WORKED)
    assert without_hand_in(folder, "ps1") == [
        "in no student's folder of submitted/, and not graded: all.zip, ann_sheet.ipynb"
    ]
    with pytest.raises(CourseError, match=r"nobody handed ps1 in: .*; in no student's folder"):
        students_of(folder, "ps1")


def test_a_student_who_handed_in_another_lesson_is_nobody_to_name(folder: CourseFolder) -> None:
    put(folder, {"ps2/other.ipynb": WORKED, "ps2/sheet.ipynb": WORKED})
    put(folder, {"ps1/sheet.ipynb": WORKED}, "zoe")
    assert students_of(folder, "ps1") == ["zoe"]
    assert without_hand_in(folder, "ps1") == []


def test_folders_of_students_within_the_lessons_are_not_one_students(folder: CourseFolder) -> None:
    put(folder, {"ann/sheet.ipynb": WORKED}, "ps1")
    put(folder, {"ps1/sheet.ipynb": WORKED}, "zoe")
    assert students_of(folder, "ps1") == ["zoe"]
    assert "ps1 (ann/sheet.ipynb)" in without_hand_in(folder, "ps1")[0]


def test_links_lead_to_no_hand_in(folder: CourseFolder) -> None:
    put(folder, {"ps1/sheet.ipynb": WORKED}, "zoe")
    put(folder, {"x": b""})
    (folder.submitted / "ann/ps1 (1)").symlink_to(folder.submitted / "zoe/ps1")
    (folder.submitted / "ann/work").symlink_to(folder.submitted / "zoe")
    assert students_of(folder, "ps1") == ["zoe"]


def test_a_class_in_odd_folders_is_graded_and_the_rest_is_named(folder: CourseFolder) -> None:
    put(folder, {"ps1 (1)/sheet.ipynb": WORKED}, "ann")
    put(folder, {"submission/ps1/ps1.zip": zipped({"sheet.ipynb": WORKED})}, "bob")
    put(folder, {"plan.pdf": b"%PDF"}, "cy")
    (folder.submitted / "dee_sheet.ipynb").write_bytes(WORKED)
    notes: list[str] = []
    verdicts = grade(folder, "ps1", on_note=notes.append)
    assert {verdict.student: verdict.points for verdict in verdicts} == {"ann": POINTS, "bob": POINTS}
    assert all(verdict.repairs for verdict in verdicts)
    assert "1 student has handed in no ps1; what lies there instead: cy (plan.pdf)" in notes
    assert "in no student's folder of submitted/, and not graded: dee_sheet.ipynb" in notes
