"""Attacks by the files of a hand-in: links, odd kinds, odd names, giants. None is read that is not the student's own."""

import contextlib
import json
import os
import socket
import subprocess
import time
from pathlib import Path

import nbformat
import pytest
from nbconvert import HTMLExporter
from nbformat.v4 import new_notebook

from course.folder import CourseFolder
from course.grading.gradebook.assignment import ensure_assignment
from course.grading.keeping import save
from course.grading.plan.exam import exams_of
from course.grading.submission import walking
from course.grading.submission.files import HandIn, handed_in, students_of
from course.grading.submission.names import folder_of, shown
from course.grading.submission.parsing import MAX_BYTES, Unreadable
from course.grading.submission.repair import repair
from course.grading.verdict.marking import could_not_run
from tests.grading.exam_fixture import ANSWERS as ROOM_ANSWERS
from tests.grading.exam_fixture import Room, scores
from tests.grading.notebooks import ANSWERS, code, filled, make_course, markdown, norms, raw, released


@pytest.fixture
def folder(tmp_path: Path) -> CourseFolder:
    made = make_course(tmp_path.resolve(), norms=norms())
    alice = made.submitted / "alice/ps1"
    alice.mkdir(parents=True)
    (alice / "norms.ipynb").write_bytes(raw(filled(released(norms()), ANSWERS)))
    (alice / "mine.csv").write_text("alice's")
    return made


def of(folder: CourseFolder, student: str) -> HandIn:
    (found,) = handed_in(folder, exams_of(folder, "ps1"), [student])
    return found


def nothing_is_taken(folder: CourseFolder, student: str = "eve") -> None:
    """Nothing of this hand-in is read, and it is saved as one that is not there."""
    found = of(folder, student)
    with pytest.raises(Unreadable, match=r"no notebook norms\.ipynb was handed in"):
        found.repaired()
    assert found.files() == {}
    ensure_assignment(folder, "ps1")
    save(folder, could_not_run(student, found.exam, "nothing", "namespaces"))
    assert sorted(os.listdir(folder.autograded / student / "ps1")) == ["norms.ipynb", "norms.verdict.json"]


@pytest.mark.parametrize("target", ["submitted/alice/ps1", "source/ps1"])
def test_a_folder_that_is_a_link_brings_nobody_elses_answers(folder: CourseFolder, target: str) -> None:
    (folder.submitted / "eve").mkdir()
    (folder.submitted / "eve/ps1").symlink_to(folder.root / target)
    nothing_is_taken(folder)


def test_a_student_who_is_a_link_to_another_has_handed_nothing_in(folder: CourseFolder) -> None:
    (folder.submitted / "eve").symlink_to(folder.submitted / "alice")
    nothing_is_taken(folder)


def make_odd(kind: str, path: Path, folder: CourseFolder) -> None:
    if kind == "link":
        path.symlink_to(folder.submitted / "alice/ps1" / "norms.ipynb")
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as made, contextlib.chdir(path.parent):  # a socket's path must be short
            made.bind(path.name)
    elif kind == "folder":
        (path / "norms.ipynb").mkdir(parents=True)
        (path / "x.txt").write_text("in the way")
    else:
        path.symlink_to(path)


@pytest.mark.parametrize("kind", ["link", "pipe", "socket", "folder", "a link to itself"])
def test_what_is_no_file_is_no_notebook(folder: CourseFolder, kind: str) -> None:
    here = folder.submitted / "eve/ps1"
    here.mkdir(parents=True)
    make_odd(kind, here / "norms.ipynb", folder)
    found = of(folder, "eve")
    with pytest.raises(Unreadable):
        found.repaired()
    ensure_assignment(folder, "ps1")
    save(folder, could_not_run("eve", found.exam, "nothing", "namespaces"))
    assert (folder.autograded / "eve/ps1/norms.ipynb").is_file()


def test_a_giant_is_not_read(folder: CourseFolder) -> None:
    here = folder.submitted / "eve/ps1"
    here.mkdir(parents=True)
    with (here / "norms.ipynb").open("wb") as file:
        os.truncate(file.fileno(), 2 << 40)
    (here / "data.bin").symlink_to("/dev/zero")
    with (here / "timestamp.txt").open("wb") as file:
        os.truncate(file.fileno(), 2 << 40)
    found = of(folder, "eve")
    with pytest.raises(Unreadable, match=f"more than the {MAX_BYTES >> 20} MB"):
        found.repaired()
    assert found.files() == {}
    ensure_assignment(folder, "ps1")
    save(folder, could_not_run("eve", found.exam, "too large", "namespaces"))


def test_the_twins_that_a_mac_adds_do_not_hide_a_renamed_notebook(folder: CourseFolder) -> None:
    here = folder.submitted / "mac/ps1"
    here.mkdir(parents=True)
    (here / "norms (1).ipynb").write_bytes(b"{}")
    (here / "._norms (1).ipynb").write_bytes(b"\0")
    assert of(folder, "mac").path == here / "norms (1).ipynb"


def test_a_file_with_a_name_that_is_no_text_stays_a_file(folder: CourseFolder) -> None:
    name = os.fsdecode(b"caf\xe9.csv")
    (folder.submitted / "alice/ps1" / name).write_text("1")
    found = of(folder, "alice")
    assert found.files() == {name: b"1", "mine.csv": b"alice's"}
    ensure_assignment(folder, "ps1")
    save(folder, could_not_run("alice", found.exam, "x", "namespaces"))
    assert (folder.autograded / "alice/ps1" / name).read_text() == "1"


def test_what_an_earlier_hand_in_left_is_never_in_the_way(folder: CourseFolder) -> None:
    old = folder.autograded / "alice/ps1"
    (old / "mine.csv").mkdir(parents=True)
    (old / "mine.csv/x").write_text("a folder once")
    (old / "norms.ipynb").mkdir()
    (folder.submitted / "alice/ps1/data").mkdir()
    (folder.submitted / "alice/ps1/data/a.txt").write_text("a")
    (old / "data").symlink_to(folder.source)
    ensure_assignment(folder, "ps1")
    save(folder, could_not_run("alice", of(folder, "alice").exam, "x", "namespaces"))
    assert (old / "mine.csv").read_text() == "alice's"
    assert (old / "data/a.txt").read_text() == "a"
    assert (old / "norms.ipynb").is_file()
    assert not (folder.source / "a.txt").exists()


@pytest.mark.parametrize(
    "name",
    [
        "[red]eve[/]",
        "..eve",
        "e\u200bve",
        "e\nve",
        "eve.",
        " eve ",
        "jose\u0301",
        "jos\u00e9",
        "\U0001f469\u200d\U0001f4bb",
        "e" * 200,
        "-rf",
        "eve\u202eecila",
        "=1+1",
        "<b>eve",
        "eve %s {0}",
        "e'v\"e",
    ],
)
def test_an_odd_name_of_a_student_is_a_name(folder: CourseFolder, name: str) -> None:
    (folder.submitted / name / "ps1").mkdir(parents=True)
    assert "/" in name or name in students_of(folder, "ps1")
    ensure_assignment(folder, "ps1")
    save(folder, could_not_run(name, of(folder, name).exam, "x", "namespaces"))
    assert (folder.autograded / name / "ps1/norms.ipynb").is_file()


def test_attachments_that_no_file_can_hold_are_made_whole(folder: CourseFolder) -> None:
    made = filled(released(norms()), ANSWERS)
    picture = markdown("![a](attachment:a.png)")
    picture["attachments"] = {"a.png": {"image/png": "\ud800" + "A" * 1000}, "\udc80": {"\ud800": "x"}}
    picture["id"] = "own"
    made.cells.append(picture)
    exam = exams_of(folder, "ps1")[0]
    nbformat.writes(repair(raw(made), exam.source, exam.release).notebook).encode()


def deep(place: Path, depth: int, name: str = "d") -> None:
    """Folders in folders, further than any path reaches."""
    here = os.open(place, os.O_RDONLY)
    try:
        for _ in range(depth):
            os.mkdir(name, dir_fd=here)
            inner = os.open(name, os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = inner
        with os.fdopen(os.open("bottom.txt", os.O_CREAT | os.O_WRONLY, dir_fd=here), "w") as file:
            file.write("here")
    finally:
        os.close(here)


def saved(folder: CourseFolder, student: str) -> tuple[str, ...]:
    """The notes on a student's hand-in, from reading it to saving it."""
    found = of(folder, student)
    ensure_assignment(folder, "ps1")
    verdict = could_not_run(student, found.exam, "x", "namespaces")
    return (*found.repaired().notes, *save(folder, verdict).repairs)


@pytest.mark.parametrize(("depth", "name"), [(1200, "d"), (3000, "d"), (20, "n" * 250), (100, "n" * 250)])
def test_folders_deeper_than_any_path_stay_behind_with_a_note(folder: CourseFolder, depth: int, name: str) -> None:
    deep(folder.submitted / "alice/ps1", depth, name)
    try:
        found = of(folder, "alice")
        assert found.files() == {"mine.csv": b"alice's"}
        notes = saved(folder, "alice")
    finally:  # whoever clears up after the tests goes no deeper than Python's stack
        subprocess.run(["rm", "-r", folder.submitted / "alice/ps1" / name], check=True)
    assert any("folders deep" in note or "too long a path" in note for note in notes), notes
    assert (folder.autograded / "alice/ps1/mine.csv").read_text() == "alice's"


@pytest.mark.parametrize("spare", range(6))
def test_a_path_of_just_the_longest_length_costs_only_its_file(folder: CourseFolder, spare: int) -> None:
    here = folder.submitted / "alice/ps1"
    rest = 4095 - spare - len(os.fsencode(here)) - len("/x.txt")
    parts = ["n" * 200] * (rest // 201)
    parts.append("m" * (rest - 201 * len(parts) - 1)) if rest - 201 * len(parts) > 1 else None
    folded = os.open(here, os.O_RDONLY)
    for part in parts:
        os.mkdir(part, dir_fd=folded)
        folded = os.open(part, os.O_RDONLY, dir_fd=folded)
    os.close(os.open("x.txt", os.O_CREAT, dir_fd=folded))
    assert of(folder, "alice").files() == {"mine.csv": b"alice's"}
    assert any("too long a path" in note for note in saved(folder, "alice"))


def test_more_files_than_are_taken_is_said(folder: CourseFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    many = folder.submitted / "alice/ps1/many"
    many.mkdir()
    for number in range(walking.MAX_FILES + 20):
        (many / f"{number}.txt").touch()
    assert len(of(folder, "alice").files()) <= walking.MAX_FILES
    assert any("that are taken: not copied" in note for note in saved(folder, "alice"))


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("eve", "eve"),
        ("odd\u200bname", "odd\\u200bname"),
        ("a\nb", "a\\x0ab"),
        ("a\u202eb", "a\\u202eb"),
        ("jose\u0301", "jose\\u0301"),
        ("jos\u00e9", "jos\u00e9"),
        ("eve ", "eve\\x20"),
        ("a b", "a b"),
        ("a\u00a0b", "a\\xa0b"),
        ("\U0001f469\u200d\U0001f4bb", "\U0001f469\\u200d\U0001f4bb"),
        (os.fsdecode(b"caf\xe9"), "caf\\xe9"),
        *((sign, f"\\u{ord(sign):04x}") for sign in "\u034f\u115f\u17b5\u2800\u3164\uffa0\ufffc\u0301"),
    ],
)
def test_an_odd_name_is_shown_so_that_it_can_be_typed(folder: CourseFolder, name: str, typed: str) -> None:
    assert shown(name) == typed
    (folder.submitted / name / "ps1").mkdir(parents=True)
    (student,) = students_of(folder, "ps1", [typed])
    assert folder_of(folder.submitted, student) == folder.submitted / name
    assert folder_of(folder.submitted, typed) == folder.submitted / name


def test_a_name_that_is_no_text_and_its_spelling_are_two_students(folder: CourseFolder) -> None:
    for name in (os.fsdecode(b"caf\xe9"), "caf\\xe9"):
        (folder.submitted / name / "ps1").mkdir(parents=True)
        (folder.submitted / name / "ps1/who.txt").write_bytes(os.fsencode(name))
    students = [one for one in students_of(folder, "ps1") if one.startswith("caf")]
    assert students == ["caf\\xe9", "caf\\xe9_"]
    assert [of(folder, one).files()["who.txt"] for one in students] == [b"caf\\xe9", b"caf\xe9"]
    assert saved_all(folder, students)


def saved_all(folder: CourseFolder, students: list[str]) -> bool:
    ensure_assignment(folder, "ps1")
    for student in students:
        save(folder, could_not_run(student, of(folder, student).exam, "x", "namespaces"))
    return all((folder.autograded / student / "ps1/norms.ipynb").is_file() for student in students)


def seconds(data: bytes, folder: CourseFolder) -> float:
    """The processor time that reading and repairing takes, whether or not it is a notebook."""
    exam = exams_of(folder, "ps1")[0]
    start = time.thread_time()
    with contextlib.suppress(Unreadable):
        repair(data, exam.source, exam.release)
    return time.thread_time() - start


def one_cell(source: str, grade_id: str = "norm", kind: str = "code") -> bytes:
    cell = {"cell_type": kind, "source": source, "metadata": {"nbgrader": {"grade_id": grade_id}}}
    return json.dumps({"nbformat": 4, "cells": [cell]}).encode()


def split_in(parts: int) -> bytes:
    """An answer of which every line is a cell of its own."""
    lines = ["def norm(x, p):", *(f"    x = {number}" for number in range(parts - 1))]
    about = {"nbgrader": {"grade_id": "norm"}}
    cells = [{"cell_type": "code", "source": line, "metadata": about if line == lines[0] else {}} for line in lines]
    return json.dumps({"nbformat": 4, "cells": cells}).encode()


BOMBS = {
    "carriage returns": one_cell("\r" * 2_000_000),
    "carriage returns and others": one_cell("\r\r\ra" * 500_000),
    "a million cells": b'{"cells": [' + b'{"source": ""},' * 1_000_000 + b"{}]}",
    "a million numbers for cells": b'{"cells": [' + b"0," * 1_000_000 + b"0]}",
    "a million broken cells": b'{"cells": [' + b'{"source": "",,' * 200_000 + b"]}",
    "a million beginnings": b'{"cells": [' + b'{"source": [' * 1_000_000,
    "a thousand parts of an answer": split_in(1000),
    "a thousand brackets": one_cell("(" * 4000),
    "many fences": one_cell("```\n" * 100_000, kind="markdown"),
    "open fences": one_cell("`" * 1_000_000, kind="markdown"),
    "open quotes": one_cell("> " * 1_000_000, kind="markdown"),
    "open tags": one_cell("<pre <code " * 100_000, kind="markdown"),
    "open code": one_cell("</code>  " * 100_000 + "{code:" * 100_000, kind="markdown"),
    "open fences on lines": one_cell("```\n---\n" * 100_000, kind="markdown"),
    "half fences": one_cell("x`" * 500_000, kind="markdown"),
    "open escapes": one_cell("\\" * 1_000_000),
    "many odd line ends": one_cell("#\u2028x = 1" * 200_000),
    "many pictures": one_cell("![" * 1_000_000 + "](attachment:", "why", "markdown"),
    "many references": one_cell("![a](attachment:" * 100_000, "why", "markdown"),
    "one long word": one_cell("a" * 4_000_000),
    "many names": one_cell("norm = 1\n" * 300_000),
    "many assignments": one_cell("a:" * 1_000_000),
    "many spaces": one_cell("async" + " " * 2_000_000 + "def"),
    "blank lines": one_cell("(\n" + " \n" * 1_000_000),
    "commas before brackets": b'{"cells": [' + b"[1,]," * 300_000 + b"]}",
    "escapes": one_cell("\\n" * 1_000_000),
    "quotes": b'{"cells": [{"source": "' + b'\\"' * 2_000_000 + b'"}]}',
    "percents": b"# %%\n" * 400_000,
    "lines without ends": json.dumps({"cells": [{"cell_type": "code", "source": ["a"] * 500_000}]}).encode(),
    "nested strings": json.dumps(json.dumps({"cells": [{"source": "x" * 1_000_000}]})).encode(),
}


@pytest.mark.parametrize("name", BOMBS)
def test_no_notebook_takes_long_to_be_read_and_repaired(folder: CourseFolder, name: str) -> None:
    assert seconds(BOMBS[name], folder) < 20


def test_an_answer_in_a_thousand_parts_says_how_many_are_joined(folder: CourseFolder) -> None:
    exam = exams_of(folder, "ps1")[0]
    notes = repair(split_in(900), exam.source, exam.release).notes
    assert "answer cell 'norm' was split into more parts than the 50 that are joined" in notes


def test_a_picture_that_is_missing_costs_nobody_the_page(folder: CourseFolder) -> None:
    made = filled(released(norms()), ANSWERS)
    lost = (
        "![a plot](attachment:a.png) ![](attachment:b.png 'title') ![c](<attachment:my plot.png>)"
        "\n\n![d][ref]\n\n[ref]: attachment:d.png\n\n<img src='attachment:e.png'>"
    )
    here = "![kept](attachment:kept%20one.png)"
    for number, text in enumerate((lost, here)):
        cell = markdown(text)
        cell["id"] = f"own-{number}"
        made.cells.append(cell)
    made.cells[-1]["attachments"] = {"kept one.png": {"image/png": "AAAA"}}
    exam = exams_of(folder, "ps1")[0]
    result = repair(raw(made), exam.source, exam.release)
    first, second = result.notebook.cells[-2:]
    assert "[picture missing: a plot]" in first.source
    assert "](attachment:" not in first.source
    assert second.attachments["kept%20one.png"] == {"image/png": "AAAA"}
    assert any("missing from the file" in note for note in result.notes)
    for cell in result.notebook.cells:
        if cell.cell_type == "markdown":
            HTMLExporter().from_notebook_node(new_notebook(cells=[cell]))


def test_one_picture_shown_a_thousand_times_is_kept_as_often_as_there_is_room(folder: CourseFolder) -> None:
    made = filled(released(norms()), ANSWERS)
    for number in range(12):
        cell = markdown("![a](attachment:a.png)")
        cell["id"], cell["attachments"] = f"own-{number}", {"a.png": {"image/png": "A" * 5_000_000}}
        made.cells.append(cell)
    exam = exams_of(folder, "ps1")[0]
    result = repair(raw(made), exam.source, exam.release)
    assert len(nbformat.writes(result.notebook)) < 60 * 2**20


BODY = "    return (abs(x) ** p).sum() ** (1 / p)"
TEARS: dict[str, list[tuple[str, str]]] = {  # cells in place of the answer and its test, by grade_id; "" is the student's own
    "the test within a function": [("norm", "def norm(x, p):"), ("norm_tests", "    {test}")],
    "the test between head and rest": [("norm", "def norm(x, p):"), ("norm_tests", "{test}"), ("", BODY)],
    "a head at the end of the test": [("norm_tests", "{test}\n\ndef norm(x, p):"), ("norm", BODY)],
    "a rest at the beginning of the test": [("norm", "def norm(x, p):"), ("norm_tests", BODY + "\n{test}")],
    "a rest that ends the test": [("norm", "def norm(x, p):"), ("norm_tests", BODY + "\nraise SystemExit\n{test}")],
    "a test that is only a rest": [("norm", "if False:"), ("norm_tests", "    pass")],
    "a class for a head": [("", "class A:"), ("norm_tests", "    norm = 1\n{test}"), ("norm", BODY)],
    "a text for a head": [("norm", 'x = """'), ("norm_tests", '{test}\n"""')],
    "a line that goes on": [("norm", "norm = \\"), ("norm_tests", "    None\n{test}")],
    "a block that catches": [("norm", "try:"), ("norm_tests", "    {test}"), ("", "except BaseException: pass")],
    "a decorator": [("norm", "@print"), ("norm_tests", "    def f(): pass\n{test}")],
    "many rests": [("norm", "def norm(x, p):"), *[("", BODY)] * 300],
    "many heads": [*[("", "def norm(x, p):")] * 300, ("norm", BODY)],
    "heads and rests in turn": [("", "def norm(x, p):"), ("", BODY)] * 150,
    "long heads": [*[("", "def norm(x, p):\n" + "    x = x + 1\n" * 1000)] * 6, *[("norm", BODY)] * 20],
    "rests of nothing but spaces": [("norm", "def norm(x, p):"), *[("", " " * 50_000)] * 20],
    "rests indented further and further": [("norm", "def norm(x, p):"), *[("", " " * n + "if x:") for n in range(1, 99)]],
}  # fmt: skip


@pytest.mark.parametrize("name", TEARS)
def test_no_torn_function_takes_a_cell_of_the_courses_with_it(folder: CourseFolder, name: str) -> None:
    exam = exams_of(folder, "ps1")[0]
    made = released(norms())
    by_id = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in made.cells}
    at = made.cells.index(by_id["norm"])
    made.cells = [cell for cell in made.cells if cell not in (by_id["norm"], by_id["norm_tests"])]
    for place, (grade_id, text) in enumerate(TEARS[name]):
        whole = text.replace("    {test}", by_id["norm_tests"].source.replace("\n", "\n    "))
        cell = code(whole.replace("{test}", by_id["norm_tests"].source))
        cell.metadata = by_id[grade_id].metadata if grade_id else cell.metadata
        made.cells.insert(at + place, cell)
    start = time.thread_time()
    found = repair(raw(made), exam.source, exam.release).notebook
    assert time.thread_time() - start < 10
    assert given_of(found) == given_of(exam.source)


def given_of(notebook: nbformat.NotebookNode) -> list[str]:
    """The text of the tests and of the locked cells, in order."""
    marks = [(cell.metadata.get("nbgrader", {}), cell.source) for cell in notebook.cells]
    return [source for mark, source in marks if mark.get("grade_id") and not mark.get("solution")]


NESTED = {
    "signs": "-" * 19_000 + "1",
    "powers": "1" + "**1" * 6_000,
    "members": "a" + ".b" * 9_000,
    "sums": "1" + "+1" * 9_000,
    "functions": "lambda:" * 2_700 + "1",
    "brackets": "f(" * 4_000 + ")" * 4_000,
    "branches": "".join(" " * depth + "if 1:\n" for depth in range(90)) + " " * 90 + "x = 1",
    "texts in texts": "f'{" * 100 + "}'" * 100,
}


def test_what_nests_deeper_than_python_reads_costs_only_its_own_exercise(room: Room) -> None:
    made = filled(room.release(), ROOM_ANSWERS | {"double": NESTED["signs"]})
    made.cells[2:2] = [code(source) for source in NESTED.values()]
    assert scores(room.grade_raw(raw(made), student="eve")) == {"double": 0, "field": 1, "Tiny": 2, "step": 1}
