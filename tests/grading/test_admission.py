"""In which order submissions run, and what overlaps: the next one gets ready, and the last one is marked, while one runs."""

import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest

from course.grading.admission import Admission
from course.grading.engine import Engine
from course.grading.plan.exam import exams_of
from course.grading.process.supervisor import Onlooker
from course.grading.protocol import Step
from course.grading.submission.files import handed_in
from course.grading.system import tree
from course.grading.system.slots import Slots
from tests.grading.notebooks import answer, filled, graded, make_course, notebook, raw, released


def test_one_at_a_time_is_at_the_front() -> None:
    admission, order = Admission(Slots(2)), []

    def queue() -> None:
        with admission.front():
            order.append("second")

    second = threading.Thread(target=queue)
    with admission.front():
        second.start()
        order.append("first")
    second.join()
    assert order == ["first", "second"]


def test_when_a_turn_has_come_the_next_one_is_at_the_front() -> None:
    admission = Admission(Slots(1))
    with admission.front() as first, first.turn(alone=False), admission.front():
        pass


def test_whoever_leaves_without_a_turn_lets_the_next_one_to_the_front() -> None:
    admission = Admission(Slots(1))
    with pytest.raises(OSError), admission.front():
        raise OSError
    with admission.front():
        pass


def test_a_second_turn_alone_needs_no_place_in_the_line() -> None:
    admission = Admission(Slots(2))
    with admission.front() as first:
        with first.turn(alone=False):
            pass
        with admission.front(), first.turn(alone=True):
            pass


def test_who_stands_outside_the_line_neither_waits_in_it_nor_holds_it_up() -> None:
    admission = Admission(Slots(2))
    with admission.outside().turn(alone=False), admission.front(), admission.outside().turn(alone=False):
        pass


def comes_true(condition: Callable[[], bool]) -> bool:
    for _ in range(6_000):  # a minute, which passes only where it does not
        if condition():
            return True
        time.sleep(0.01)
    return False


def test_while_one_runs_the_forks_of_the_next_come_up_and_while_it_is_marked_the_next_runs(tmp_path: Path) -> None:
    source = notebook(answer("one", "one = 1"), graded("one_tests", "assert one == 1"))
    folder = make_course(tmp_path.resolve(), ps1=source)
    students = ["ann", "bob", "eve"]
    for student in students:
        place = folder.submitted / student / "ps1"
        place.mkdir(parents=True)
        (place / "ps1.ipynb").write_bytes(raw(filled(released(source), {"one": "one = 1"})))
    order: list[str] = []  # in which they run: threads start in any
    overlaps: list[bool] = []

    def tell(student: str, step: Step) -> None:
        if step["event"] == "ran" and student not in order:
            order.append(student)
            pairs = min(2, 1 + len(students) - len(order))
            overlaps.append(comes_true(lambda: len(tree.children(engine.forkserver.pid)) == 2 * pairs))
        if step["event"] == "graded":
            following = min(len(students), order.index(student) + 2)
            overlaps.append(comes_true(lambda: len(order) >= following))

    with Engine(folder, exams_of(folder, "ps1"), jobs=1) as engine:
        engine.looked_on = lambda hand_in: nullcontext(Onlooker(lambda step: tell(hand_in.student, step)))
        verdicts = list(engine.grade(handed_in(folder, engine.exams, students)))
    assert sorted(order) == students
    assert overlaps == [True] * 6
    assert [cell.earned for verdict in verdicts for cell in verdict.cells] == [1, 1, 1]
