"""Attacks by the files of a hand-in: links, odd kinds, odd names, giants. None is read that is not the student's own."""

import os
import socket
from pathlib import Path

import nbformat
import pytest

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading import gradebook
from course.grading.exam import exams_of
from course.grading.handin import HandIn, handed_in, students_of
from course.grading.loose import MAX_BYTES, Unreadable
from course.grading.marking import could_not_run
from course.grading.repair import repair
from course.grading.run import save
from tests.grading.notebooks import ANSWERS, filled, make_course, markdown, norms, raw, released


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
        found.read()
    assert found.files() == {}
    gradebook.ensure_assignment(folder, "ps1")
    save(folder, could_not_run(student, found.exam, "nothing", "namespaces"))
    assert sorted(os.listdir(folder.autograded / student / "ps1")) == ["norms.ipynb"]


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
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(str(path))
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
        found.read()
    gradebook.ensure_assignment(folder, "ps1")
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
        found.read()
    assert found.files() == {}
    gradebook.ensure_assignment(folder, "ps1")
    save(folder, could_not_run("eve", found.exam, "too large", "namespaces"))


def test_the_twins_that_a_mac_adds_do_not_hide_a_renamed_notebook(folder: CourseFolder) -> None:
    here = folder.submitted / "mac/ps1"
    here.mkdir(parents=True)
    (here / "norms (1).ipynb").write_bytes(b"{}")
    (here / "._norms (1).ipynb").write_bytes(b"\0")
    assert of(folder, "mac").read() == b"{}"


def test_a_file_with_a_name_that_is_no_text_stays_a_file(folder: CourseFolder) -> None:
    name = os.fsdecode(b"caf\xe9.csv")
    (folder.submitted / "alice/ps1" / name).write_text("1")
    found = of(folder, "alice")
    assert found.files() == {name: b"1", "mine.csv": b"alice's"}
    gradebook.ensure_assignment(folder, "ps1")
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
    gradebook.ensure_assignment(folder, "ps1")
    save(folder, could_not_run("alice", of(folder, "alice").exam, "x", "namespaces"))
    assert (old / "mine.csv").read_text() == "alice's"
    assert (old / "data/a.txt").read_text() == "a"
    assert (old / "norms.ipynb").is_file()
    assert not (folder.source / "a.txt").exists()


@pytest.mark.parametrize(
    "name", ["[red]eve[/]", "..eve", "-rf", "eve\u202eecila", "=1+1", "<b>eve", "eve %s {0}", "e'v\"e"]
)
def test_an_odd_name_of_a_student_is_a_name(folder: CourseFolder, name: str) -> None:
    (folder.submitted / name / "ps1").mkdir(parents=True)
    if not name.isprintable():
        with pytest.raises(CourseError, match="a name that is no text: rename it"):
            students_of(folder, "ps1")
        return
    gradebook.ensure_assignment(folder, "ps1")
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
