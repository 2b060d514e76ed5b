"""What a walk through a hand-in finds: the notebook among any number of files, and no more of those than there is room."""

import io
import json
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course.folder import CourseFolder
from course.grading.plan.exam import exams_of
from course.grading.submission import choosing, walking
from course.grading.submission import zipped as zips
from course.grading.submission.files import HandIn, handed_in, students_of
from course.grading.submission.parsing import Unreadable
from tests.grading.notebooks import make_course
from tests.grading.shapes import ANSWERS, SHAPES, SOURCE, honest

BOUNDED = settings(deadline=None, suppress_health_check=list(HealthCheck))
WORKED = SHAPES["honest"]
FEW = {"MAX_DEPTH": 3, "MAX_PATH": 60, "MAX_NAMES": 80, "MAX_ENTRIES": 8, "MAX_FILES": 4}


@pytest.fixture(scope="module")
def few() -> Iterator[None]:
    """Limits that a handful of files exceeds."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in FEW.items():
            patch.setattr(walking, name, value)
        patch.setattr(choosing, "MAX_OPENED", 6)
        yield


@pytest.fixture
def folder(tmp_path: Path, few: None) -> CourseFolder:
    return make_course(tmp_path.resolve(), sheet=SOURCE)


def put(folder: CourseFolder, student: str, place: str, data: bytes = b"") -> Path:
    path = folder.submitted / student / "ps1" / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def hand_in(folder: CourseFolder, student: str = "ann") -> HandIn:
    (found,) = handed_in(folder, exams_of(folder, "ps1"), [student])
    return found


def zipped(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target.getvalue()


@pytest.mark.parametrize("count", [FEW["MAX_FILES"] + 1, FEW["MAX_ENTRIES"] + 1, 4 * FEW["MAX_ENTRIES"]])
@pytest.mark.parametrize("place", ["sheet.ipynb", "work/sheet.ipynb", "zz/zz/Copy of sheet.json", "my work.ipynb"])
@pytest.mark.parametrize("beside", ["", "a/"])
def test_a_notebook_among_many_files_is_graded(folder: CourseFolder, count: int, place: str, beside: str) -> None:
    for number in range(count):
        put(folder, "ann", f"{beside}digit_{number:04}.png", b"p")
    put(folder, "ann", place, WORKED)
    assert hand_in(folder).repaired().answered == len(ANSWERS)
    assert any("files came after the" in note for note in hand_in(folder).repaired().notes)


def test_as_many_other_files_are_taken_as_are_allowed_and_the_nearest_first(folder: CourseFolder) -> None:
    put(folder, "ann", "sheet.ipynb", WORKED)
    for number in range(FEW["MAX_FILES"]):
        put(folder, "ann", f"a/{number}.txt")
    assert len(hand_in(folder).files()) == FEW["MAX_FILES"]
    put(folder, "ann", "words.txt")
    assert "words.txt" in hand_in(folder).files()
    assert "1 of the files came after the 4 that are taken: not copied" in hand_in(folder).repaired().notes


def test_files_that_are_too_large_together_are_named(folder: CourseFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking, "MAX_FILES_BYTES", 2**20)
    put(folder, "ann", "sheet.ipynb", WORKED)
    put(folder, "ann", "giant.bin", b" " * (2**20 + 1))
    assert hand_in(folder).files() == {}
    assert "1 of the files exceed the 1 MB that are taken: not copied" in hand_in(folder).repaired().notes


@pytest.mark.parametrize("place", ["", "work/"])
def test_a_notebook_beside_a_virtual_environments_files_is_graded_without_them(
    folder: CourseFolder, place: str
) -> None:
    put(folder, "ann", f"{place}sheet.ipynb", WORKED)
    for name in ("pyvenv.cfg", "bin/python", "lib/site/sheet.ipynb", "Scripts/activate"):
        put(folder, "ann", f"{place}{name}", b"venv")
    assert hand_in(folder).repaired().answered == len(ANSWERS)
    assert hand_in(folder).files() == {}


def test_no_more_names_are_read_than_so_many(folder: CourseFolder) -> None:
    for number in range(FEW["MAX_NAMES"]):
        put(folder, "ann", f"{number}/{number}.ipynb")
    walked = hand_in(folder).walk
    assert not walked.files
    assert any("80 names that are read" in note for note in walked.notes())


def test_a_notebook_that_comes_last_in_a_large_zip_is_graded(folder: CourseFolder) -> None:
    pictures = {f"data/{number}.png": b"p" for number in range(1_200)}
    scratch = {f"scratch {number}.ipynb": b"{}" for number in range(4)}
    put(folder, "ann", "ps1.zip", zipped({**pictures, **scratch, "sheet.ipynb": WORKED}))
    assert hand_in(folder).repaired().answered == len(ANSWERS)


def test_a_zip_of_more_files_than_are_read_says_so(folder: CourseFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zips, "MAX_ZIPPED", 3)
    put(folder, "ann", "ps1.zip", zipped({"sheet.ipynb": WORKED, "1": b"", "2": b"", "3": b""}))
    with pytest.raises(Unreadable, match="zip file that holds more than 3 files"):
        hand_in(folder).repaired()


FOLDERS = st.sampled_from(["", "data/", "a/b/", "work/", "sheet.ipynb.d/", "d/e/e/p/", f"{'n' * 50}/{'n' * 50}/"])
KINDS = st.sampled_from(["pyvenv.cfg", "{}.png", "{}.txt", "{}.ipynb", ".{}", "{}.py", "{}.zip", "sheet_{}.png", "{}"])
NOISE = st.tuples(FOLDERS, KINDS, st.integers(0, 2 * FEW["MAX_ENTRIES"]))
LINKS = st.sampled_from(["sheet-Copy1.ipynb", "work/sheet.ipynb", "a/all", "all", "data/sheet.zip"])
TARGETS = st.sampled_from(["../../ben/ps1/sheet.ipynb", "../../ben", ".", "nowhere", "../../../source"])
PLACES = st.sampled_from(["", "work/", "zz/zz/", "sheet/"])
NAMES = st.sampled_from(["sheet.ipynb", "SHEET (1).IPYNB", "Copy of sheet.ipynb.txt", "sheet.json", "zsheet_sheet"])


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory, few: None) -> CourseFolder:
    made = make_course(tmp_path_factory.mktemp("trees").resolve(), sheet=SOURCE)
    put(made, "ben", "sheet.ipynb", json.dumps(honest()).encode())
    put(made, "ben", "mine.csv", b"1")
    return made


@given(st.data())
@BOUNDED
def test_a_worked_notebook_that_can_be_found_is_graded_whatever_lies_around_it(
    course: CourseFolder, draw: st.DataObject
) -> None:
    student = f"ann{len(os.listdir(course.submitted))}"
    if draw.draw(st.booleans()):
        put(course, student, f"{draw.draw(PLACES)}{draw.draw(NAMES)}", WORKED)
        noise = draw.draw(st.lists(NOISE, max_size=3))
    else:  # a zip file is opened only where nothing else may be meant
        members = {f"{number}.png": b"p" for number in range(draw.draw(st.integers(0, 9)))}
        put(course, student, f"{draw.draw(PLACES)}all.zip", zipped({**members, "sheet.ipynb": WORKED}))
        noise = [one for one in draw.draw(st.lists(NOISE, max_size=3)) if one[1].endswith((".png", ".txt"))]
    for place, kind, count in noise:
        for number in range(count):
            put(course, student, f"{place}{kind.format(number)}", b"\0 junk")
    link(course, student, draw.draw(LINKS), draw.draw(TARGETS))
    assert student in students_of(course, "ps1")
    exams = exams_of(course, "ps1")
    found, other = handed_in(course, exams, [student, "ben"])
    assert found.student == student
    assert found.repaired().answered == len(ANSWERS)
    assert len(found.files()) <= FEW["MAX_FILES"]
    assert len([file for file in found.walk.files if file.name.endswith(".png")]) <= FEW["MAX_ENTRIES"]
    assert (other.repaired().answered, other.repaired().notes, other.files()) == (len(ANSWERS), (), {"mine.csv": b"1"})


def link(course: CourseFolder, student: str, place: str, target: str) -> None:
    path = course.submitted / student / "ps1" / place
    path.parent.mkdir(parents=True, exist_ok=True)
    if not os.path.lexists(path):
        path.symlink_to(target)
