"""The demo class: who is in it, and what their notebooks look like."""

import json
from collections.abc import Callable

import nbformat
import pytest
from nbformat import NotebookNode

from course.authoring.lesson import Lesson, read
from course.demo import mess
from course.demo.students import Student, class_of
from course.folder import CourseFolder
from course.grading.submission.repair import repair

TINY = "01_tiny"


@pytest.fixture
def lesson(tiny_course: CourseFolder) -> Lesson:
    return read(tiny_course.lessons / TINY)


@pytest.fixture
def students(lesson: Lesson, tiny_release: NotebookNode) -> dict[str, Student]:
    return {student.story: student for student in class_of(lesson, tiny_release)}


def answers(student: Student) -> dict[str, str]:
    notebook = nbformat.reads(student.notebook.decode(), as_version=4)
    cells = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("solution")]
    return {cell.metadata.nbgrader.grade_id: cell.source for cell in cells}


def test_the_class_is_the_same_every_time(lesson: Lesson, tiny_release: NotebookNode) -> None:
    assert class_of(lesson, tiny_release) == class_of(lesson, tiny_release)


def test_there_are_enough_students_and_no_two_share_a_name(students: dict[str, Student]) -> None:
    names = [student.name for student in students.values()]
    assert len(names) >= 14
    assert len(set(names)) == len(names)


def test_other_ways_come_from_the_lessons_right_answers(students: dict[str, Student]) -> None:
    theirs = students["answers everything right, each in her own way"]
    assert "return number + number" in answers(theirs)["twice"]


def test_mistakes_come_from_the_lessons_wrong_answers(students: dict[str, Student]) -> None:
    theirs = answers(students["makes several mistakes"])
    assert "2 * abs(number)" in theirs["twice"]
    assert theirs["area"] == "area = width + height"


def test_whoever_got_half_way_left_the_rest_as_released(students: dict[str, Student]) -> None:
    theirs = answers(students["got half way"])
    assert theirs["twice"] == "def twice(number):\n    return 2 * number"
    assert theirs["area"] == "area = ____ * ____"


Mess = Callable[[NotebookNode, str], bytes]


@pytest.mark.parametrize("make", [mess.deleted_test, mess.duplicated, mess.stripped, mess.colab, mess.crashing])
def test_mess_that_happens_to_good_work_can_be_repaired(
    make: Mess, students: dict[str, Student], tiny_course: CourseFolder, tiny_release: NotebookNode
) -> None:
    source = nbformat.read(tiny_course.source / TINY / f"{TINY}.ipynb", as_version=4)
    solid = nbformat.reads(students["answers everything right"].notebook.decode(), as_version=4)
    repaired = repair(make(solid, "twice"), source, tiny_release).notebook
    found = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in repaired.cells]
    assert [name for name in found if name] == [
        "setup_1",
        "twice",
        "twice_tests",
        "setup_2",
        "area",
        "area_tests",
        "why",
    ]


@pytest.mark.parametrize(("make", "line"), [(mess.endless, "while True: pass"), (mess.exiting, "os._exit(0)")])
def test_an_answer_that_hangs_or_exits_does_so_when_it_is_called(
    make: Mess, line: str, students: dict[str, Student]
) -> None:
    solid = nbformat.reads(students["answers everything right"].notebook.decode(), as_version=4)
    cells = json.loads(make(solid, "twice"))["cells"]
    (answer,) = [cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("grade_id") == "twice"]
    assert answer["source"][0] == "def twice(number):\n"
    assert line in answer["source"][1]


def test_what_no_one_can_read_is_no_notebook(students: dict[str, Student]) -> None:
    assert students["sent an empty file"].notebook == b""
    with pytest.raises(json.JSONDecodeError):
        json.loads(students["sent half a file"].notebook)
    assert json.loads(students["sent a notebook without cells"].notebook)["cells"] == []
