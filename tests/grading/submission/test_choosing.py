"""Which file is graded: by its name, wherever it lies; where several could be meant, the one that was worked on."""

import io
import os
import unicodedata
import zipfile
from pathlib import Path

import pytest

from course.folder import CourseFolder
from course.grading.plan.exam import exams_of
from course.grading.submission.files import HandIn, handed_in, names_handed_in
from course.grading.submission.parsing import Unreadable
from tests.grading.notebooks import ANSWERS, answer, filled, graded, make_course, norms, notebook, raw, released
from tests.grading.shapes import ANSWERS as SHEET
from tests.grading.shapes import SHAPES, SOURCE, untouched

WORKED = SHAPES["honest"]


@pytest.fixture
def folder(tmp_path: Path) -> CourseFolder:
    return make_course(tmp_path.resolve(), sheet_2=SOURCE)


def put(folder: CourseFolder, files: dict[str, bytes], student: str = "ann", place: str = "ps1") -> HandIn:
    here = folder.submitted / student / place
    here.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        (here / name).write_bytes(data)
    (found,) = handed_in(folder, exams_of(folder, "ps1"), [student])
    return found


NAMES = [
    "sheet_2.ipynb.txt",
    "sheet_2.ipynb.json",
    "sheet_2.json",
    "sheet_2.txt",
    "sheet_2.IPYNB",
    "sheet_2.Ipynb",
    "Sheet_2.ipynb",
    "sheet_2",
    "sheet_2.ipynb.ipynb",
    "sheet_2.ipynb.download",
    "sheet_2.ipynb.bak",
    "sheet_2.ipynb~",
    "sheet_2.ipynb.json.txt",
    "sheet_2_ipynb",
    "sheet_2 ipynb.txt",
    "sheet_2.ipynb (1)",
    "sheet_2.ipynb (1).txt",
    "sheet_2 (1).ipynb",
    "sheet_2(1).ipynb",
    "sheet_2-Copy1.ipynb",
    "sheet_2-Copy12.ipynb",
    "sheet_2_copy.ipynb",
    "sheet_2 copy 2.ipynb",
    "Copy of sheet_2.ipynb",
    "Copy of Copy of sheet_2.ipynb",
    "Kopie von sheet_2.ipynb",
    "sheet_2 - Kopie.ipynb",
    "sheet_2 - Copie (2).ipynb",
    "Копия sheet_2.ipynb",
    "sheet_2のコピー.ipynb",
    "sheet_2 final version.ipynb",
    "sheet_2_FINAL_really.ipynb",
    "ann_sheet_2.ipynb",
    "1234567_assignsubmission_file_sheet_2.ipynb",
    "SHEET-2.ipynb",
    " sheet_2 .ipynb",
    "she\u200bet_2.ipynb",
    "my work.ipynb",
    "Untitled.ipynb",
    "ps1/sheet_2.ipynb",
    "a/b/c/sheet_2.ipynb",
    "ps1.zip.unpacked/ps1/Copy of sheet_2.ipynb.txt",
    "sheet_2.ipynb.html",
    "sheet_2.htm",
    "sheet_2.ipynb.doc",
    "sheet_2.ipynb.docx",
    "sheet_2.ipynb.pdf",
    "sheet_2.pdf",
    "sheet_2.csv",
    "sheet_2.ipynb.tsv",
    "sheet_2.rtf",
    "sheet_2.ipynb.png",
    ".sheet_2.ipynb",
    ".sheet_2",
]


@pytest.mark.parametrize("name", NAMES)
def test_the_only_notebook_is_graded_whatever_it_is_called(folder: CourseFolder, name: str) -> None:
    made = put(folder, {name: WORKED, "data.csv": b"1", "notes.txt": b"cells", "page.html": b"<html>"}).repaired()
    assert made.answered == 3
    assert any("was expected: the file" in note for note in made.notes), made.notes


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("my work.ipynb", "Untitled.ipynb")])
@pytest.mark.parametrize("is_copy_worked", [True, False])
def test_of_two_files_the_worked_one_is_graded_and_the_other_named(
    folder: CourseFolder, name: str, is_copy_worked: bool
) -> None:
    data = {name: WORKED, "sheet_2.ipynb": untouched()}
    if not is_copy_worked:
        data = {name: untouched(), "sheet_2.ipynb": WORKED}
    made = put(folder, data).repaired()
    assert made.answered == 3
    assert "(3 answers attempted) is graded, not " in made.notes[0]
    assert "(untouched)" in made.notes[0]


def test_a_worked_notebook_of_any_name_comes_before_an_untouched_one(folder: CourseFolder) -> None:
    made = put(folder, {"solution of mine.ipynb": WORKED, "sheet_2.ipynb": untouched()}).repaired()
    assert made.notes == (
        "of several files 'solution of mine.ipynb' (3 answers attempted) is graded, not 'sheet_2.ipynb' (untouched)",
    )


def test_of_two_worked_ones_the_more_answered_is_graded_and_of_equals_the_one_asked_for(folder: CourseFolder) -> None:
    part = raw(filled(released(SOURCE), {"area": "def area(r):\n    return 3"}))
    assert put(folder, {"sheet_2.ipynb": part, "sheet_2 (1).ipynb": WORKED}).repaired().answered == 3
    other = WORKED.replace(b"count them", b"count these")
    (note,) = put(folder, {"sheet_2.ipynb": other, "sheet_2 (1).ipynb": WORKED}).repaired().notes
    assert note.startswith("of several files 'sheet_2.ipynb' (3 answers attempted) is graded, not 'sheet_2 (1).ipynb'")


def test_of_two_equal_copies_the_newer_is_graded(folder: CourseFolder) -> None:
    other = WORKED.replace(b"count them", b"count these")
    found = put(folder, {"sheet_2 (1).ipynb": WORKED, "sheet_2 (2).ipynb": other})
    os.utime(found.folder / "sheet_2 (1).ipynb", (2_000_000_000, 2_000_000_000))
    os.utime(found.folder / "sheet_2 (2).ipynb", (1_000_000_000, 1_000_000_000))
    assert "'sheet_2 (1).ipynb' (3 answers attempted) is graded" in put(folder, {}).repaired().notes[0]


def test_an_unreadable_file_of_the_right_name_does_not_hide_a_good_copy(folder: CourseFolder) -> None:
    made = put(folder, {"sheet_2.ipynb": b"", "sheet_2 (1).ipynb": WORKED}).repaired()
    assert made.answered == 3
    assert "not 'sheet_2.ipynb' (unreadable)" in made.notes[0]


def test_another_notebook_beside_the_right_one_is_no_matter(folder: CourseFolder) -> None:
    scratch = raw(notebook(answer("given", "x = 1"), answer("mine", "y = 2"), graded("mine_tests", "assert y")))
    made = put(folder, {"sheet_2.ipynb": WORKED, "sheet_1.ipynb": scratch, "Untitled.ipynb": scratch}).repaired()
    assert made.notes == ()


@pytest.mark.parametrize(
    "name",
    [
        "__MACOSX/._sheet_2.ipynb",
        "__MACOSX/ps1/sheet_2.ipynb",
        "._sheet_2.ipynb",
        ".sheet_2.ipynb.swp",
        "~$sheet_2.ipynb",
        ".~sheet_2.ipynb",
        ".Trash/sheet_2.ipynb",
        ".git/sheet_2.ipynb",
        "__pycache__/sheet_2.ipynb",
        ".DS_Store",
        "Thumbs.db",
        "desktop.ini",
    ],
)
def test_what_a_system_left_is_neither_notebook_nor_file(folder: CourseFolder, name: str) -> None:
    found = put(folder, {name: WORKED, "sheet_2.ipynb": untouched()})
    assert found.repaired().notes == ()
    assert found.repaired().answered == 0
    assert found.files() == {}


def zipped(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target.getvalue()


@pytest.mark.parametrize("name", ["ps1.zip", "sheet_2.zip", "Archiv.zip", "sheet_2.ipynb.zip", "sheet_2.ipynb"])
def test_a_zip_of_the_folder_is_opened(folder: CourseFolder, name: str) -> None:
    data = zipped({"ps1/sheet_2.ipynb": WORKED, "__MACOSX/ps1/._sheet_2.ipynb": b"\0", "ps1/data.csv": b"1"})
    made = put(folder, {name: data}).repaired()
    assert made.answered == 3
    assert any("zip file: the notebook 'ps1/sheet_2.ipynb' in it is graded" in note for note in made.notes)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (zipped({"a.txt": b"a"}), "zip file that holds no notebook: hand the notebook in by itself"),
        (zipped({"b.zip": zipped({"a.txt": b"a"})}), "zip file that holds no notebook"),
        (zipped({"a.ipynb": WORKED}).replace(b"PK\x01\x02\x14\x03\x14\0\0", b"PK\x01\x02\x14\x03\x14\0\1"), "password"),
        (b"PK\x03\x04 and no more", "zip file that cannot be opened"),
        (zipped({"sheet_2.ipynb": b" " * (101 << 20)}), "zip file that holds no notebook"),
    ],
)
def test_a_zip_without_one_notebook_says_what_it_is(folder: CourseFolder, data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        put(folder, {"ps1.zip": data}).repaired()


def test_what_lies_there_in_place_of_a_notebook_is_named(folder: CourseFolder) -> None:
    with pytest.raises(Unreadable, match=r"no notebook sheet_2\.ipynb was handed in; found instead: a\.pdf, b\.docx"):
        put(folder, {"a.pdf": b"%PDF", "b.docx": b"PK"}).repaired()


@pytest.mark.parametrize("place", ["PS1", "Ps1", "ps1 ", "p\u200bs1", unicodedata.normalize("NFD", "ps1")])
def test_a_lesson_folder_in_other_letters_is_the_lessons(folder: CourseFolder, place: str) -> None:
    assert put(folder, {"sheet_2.ipynb": WORKED}, place=place).repaired().answered == 3


def test_a_notebook_without_its_lesson_folder_is_found(folder: CourseFolder) -> None:
    found = put(folder, {"sheet_2.ipynb": WORKED, "ps0/old.ipynb": WORKED, "ps0/a.csv": b"1", "b.csv": b"2"}, place=".")
    assert found.repaired().answered == 3
    assert found.files() == {"b.csv": b"2"}


def test_files_come_with_the_folder_that_the_notebook_lies_in(folder: CourseFolder) -> None:
    found = put(folder, {"ps1/sheet_2.ipynb": WORKED, "ps1/tool.py": b"x = 1", "ps1/data/a.csv": b"1", "b.csv": b"2"})
    assert found.files() == {"tool.py": b"x = 1", "data/a.csv": b"1", "b.csv": b"2"}


def test_of_several_notebooks_each_gets_its_own_file(tmp_path: Path) -> None:
    one, ten = norms(), notebook(answer("f", "def f():\n    return 1"), graded("f_tests", "assert f() == 1"))
    folder = make_course(tmp_path.resolve(), p1=one, p10=ten)
    here = folder.submitted / "ann/ps1"
    here.mkdir(parents=True)
    (here / "p1 (2).ipynb.txt").write_bytes(raw(filled(released(one), ANSWERS)))
    (here / "Copy of p10.ipynb").write_bytes(raw(released(ten)))
    (here / "p10 final.IPYNB").write_bytes(raw(filled(released(ten), {"f": "def f():\n    return 0 + 1"})))
    first, second = handed_in(folder, exams_of(folder, "ps1"), ["ann"])
    assert (first.repaired().answered, second.repaired().answered) == (3, 1)
    assert names_handed_in(folder, "ann", "ps1", ["p1", "p10"]) == {"p1", "p10"}
    assert "'Copy of p10.ipynb' (untouched)" in second.repaired().notes[0]


PLAIN = "import math\n\n" + "\n\n\n".join(SHEET.values())
CELLS = "# %%\n" + "\n# %%\n".join(SHEET.values())
UNTOUCHED = {"sheet_2.ipynb": untouched()}


@pytest.mark.parametrize(
    "files",
    [
        UNTOUCHED | {"sheet_2.zip": zipped({"sheet_2.ipynb": WORKED})},
        UNTOUCHED | {"everything.zip": zipped({"a/b/homework.ipynb": WORKED, "a/sheet_2.ipynb": untouched()})},
        UNTOUCHED | {"old/ps1.zip": zipped({"ps1/Copy of sheet_2.ipynb": WORKED})},
        UNTOUCHED | {"sheet_2 (1).ipynb": zipped({"sheet_2.ipynb": WORKED})},
        {"ps1.zip": zipped(UNTOUCHED | {"sheet_2 (1).ipynb": WORKED})},
        {"ps1.zip": zipped({"a.ipynb": WORKED, "b.ipynb": untouched()})},
        {"a.zip": zipped(UNTOUCHED), "b.zip": zipped({"sheet_2.ipynb": WORKED})},
        {"ps1.zip": zipped({"inner.zip": zipped({"sheet_2.ipynb": WORKED})})},
        {"ps1.zip": zipped(UNTOUCHED | {"ps1/inner.zip": zipped({"ps1/sheet_2.ipynb": WORKED})})},
        {"ps1.zip": zipped({"sheet_2.py": CELLS.encode()})},
        {"ps1.zip": zipped({"work.py": CELLS.encode(), "tools.py": b"x = 1"})},
        {"ps1.zip": zipped({"sheet_2.py": PLAIN.encode()})},
        {"ps1.zip": zipped({"sheet_2.ipynb.txt": WORKED})},
        {"ps1.zip": zipped({"answer.json": WORKED, "notes.txt": b"cells"})},
    ],
)
def test_the_worked_one_is_found_in_a_zip_file_too(folder: CourseFolder, files: dict[str, bytes]) -> None:
    made = put(folder, files).repaired()
    assert made.answered == 3
    assert any("the hand-in is a zip file: the notebook " in note for note in made.notes), made.notes


def test_an_untouched_copy_in_a_zip_file_is_no_matter_but_told(folder: CourseFolder) -> None:
    (note,) = put(folder, {"sheet_2.ipynb": WORKED, "ps1.zip": zipped(UNTOUCHED)}).repaired().notes
    assert note.endswith("is graded, not 'ps1.zip/sheet_2.ipynb' (untouched)")


@pytest.mark.parametrize(
    "name", ["sheet_2.py", "Copy of sheet_2.py", "sheet_2.txt", "sheet_2.ipynb.py", "sheet_2.ipynb"]
)
@pytest.mark.parametrize("text", [PLAIN, CELLS, f'"""My answers."""\n{PLAIN}', f"%matplotlib inline\n{PLAIN}"])
@pytest.mark.parametrize("others", [{}, {"sheet_2 (old).ipynb": untouched()}])
def test_answers_in_a_script_are_graded(folder: CourseFolder, name: str, text: str, others: dict[str, bytes]) -> None:
    made = put(folder, {name: text.encode()} | others).repaired()
    assert made.answered == 3
    assert any("not a notebook but a script" in note for note in made.notes)


@pytest.mark.parametrize("name", ["sheet_2_tools.py", "sheet_2.txt", "tools.py"])
@pytest.mark.parametrize("text", ["def helper():\n    return 1", "My notes: x = 1 is enough.", "x = 1"])
def test_a_module_or_a_note_beside_the_notebook_is_no_hand_in(folder: CourseFolder, name: str, text: str) -> None:
    assert put(folder, {"sheet_2.ipynb": WORKED, name: text.encode()}).repaired().notes == ()


@pytest.mark.parametrize("beside", [{}, UNTOUCHED, {"sheet_2.ipynb": b""}])
@pytest.mark.parametrize("place", ["", "ps1/", "work/"])
def test_what_jupyter_kept_is_graded_where_nothing_else_was_worked_on(
    folder: CourseFolder, beside: dict[str, bytes], place: str
) -> None:
    kept = f"{place}.ipynb_checkpoints/sheet_2-checkpoint.ipynb"
    made = put(folder, beside | {kept: WORKED}).repaired()
    assert made.answered == 3
    assert f"{kept!r}" in made.notes[0]
    assert put(folder, {"sheet_2.ipynb": WORKED}).repaired().notes == ()
