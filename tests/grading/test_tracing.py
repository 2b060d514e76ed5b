"""A grading looked on: each question, answer, check and ending is told, and nothing of it changes the verdict."""

import json
import stat
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import numpy as np
import pytest
import torch

from course import checks
from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.gradebook.assignment import ensure_assignment
from course.grading.process.recorder import LONGEST, MOST_IN_A_CELL, Name, Named, Recorder, shown
from course.grading.process.supervisor import Onlooker
from course.grading.protocol import Step
from course.grading.run import grade
from course.grading.submission.files import HandIn
from course.grading.tracing import MAX_BYTES, path_of, traced
from course.report.feedback import write_feedback
from tests.grading.exam_fixture import ANSWERS, LESSON, Room, scores
from tests.grading.notebooks import answer, filled, graded, locked, notebook, raw

WRONG = ANSWERS | {"double": "def double(x):\n    return 3 * x if len(x) > 1 else 2 * x"}


@pytest.fixture
def watched(room: Room) -> Iterator[list[Step]]:
    """What is told of the gradings in the room from now on."""
    steps: list[Step] = []
    engine = room.engines("namespaces")
    before, engine.looked_on = engine.looked_on, lambda _: nullcontext(Onlooker(steps.append))
    yield steps
    engine.looked_on = before


def of(steps: list[Step], event: str, grade_id: str) -> list[Step]:
    """The steps of one kind, less the draws that the engine sets alike on both sides before a test."""
    found = [step for step in steps if step["event"] == event and step.get("grade_id") == grade_id]
    return [step for step in found if step.get("op") != "seed"]


def test_a_question_its_answer_and_the_check_that_failed_are_told(room: Room, watched: list[Step]) -> None:
    verdict = room.grade(WRONG)
    asked, answered = (of(watched, event, "double_tests") for event in ("asked", "answered"))
    assert [step["what"] for step in asked] == ["double"] * 3
    assert asked[0]["inputs"] == ["tensor float32 (1,) [1]"]
    assert asked[2]["text"] == "checks.close(double(x), 2 * x)"
    assert answered[0]["value"] == "tensor float32 (1,) [2]"
    failed = [step for step in of(watched, "check", "double_tests") if not step["passed"]]
    assert [(step["label"], step["text"]) for step in failed] == [("any vector", "checks.close(double(x), 2 * x)")]
    assert "1.5 times" in failed[0]["message"]
    results = {one["grade_id"]: one["earned"] for one in watched[-1]["cells"]}
    assert results == {cell.grade_id: cell.earned for cell in verdict.cells}


def test_looking_on_changes_no_verdict(room: Room, watched: list[Step]) -> None:
    seen = room.grade(WRONG)
    room.engines("namespaces").looked_on = lambda _: nullcontext()
    unseen = room.grade(WRONG)
    assert watched
    assert [(one.earned, one.ending, one.report) for one in seen.cells] == [
        (one.earned, one.ending, one.report) for one in unseen.cells
    ]


def test_an_exception_comes_with_the_students_own_lines(room: Room, watched: list[Step]) -> None:
    room.grade(ANSWERS | {"double": "def double(x):\n    return x / nothing"})
    raised = of(watched, "raised", "double_tests")
    assert {step["error"] for step in raised} == {"NameError"}
    assert "return x / nothing" in raised[0]["traceback"]


def test_a_process_that_ends_is_told_and_so_is_the_next(room: Room, watched: list[Step]) -> None:
    room.grade(ANSWERS | {"double": "import os\ndef double(x):\n    os._exit(3)"})
    lost = [step["ending"] for step in watched if step["event"] == "lost"]
    assert lost[:1] == ["exited"]
    assert sum(step["event"] == "restart" for step in watched) == len(lost)
    assert of(watched, "answered", "field")  # it went on


def test_an_input_that_was_changed_is_shown_as_it_is_now(room: Room, watched: list[Step]) -> None:
    room.grade(ANSWERS)
    (stepped,) = of(watched, "answered", "step_tests")
    (before,) = of(watched, "asked", "step_tests")
    assert stepped["inputs_after"][0] != before["inputs"][0]
    assert stepped["inputs_after"][1] == before["inputs"][1] == "0.1"


def test_what_the_students_code_asks_of_the_test_is_told(room: Room, watched: list[Step]) -> None:
    tests = "def square(x):\n    return x * x\nassert twice(square, 3) == 81"
    source = notebook(
        locked("setup", "import torch"),
        answer("twice", "### BEGIN SOLUTION\ndef twice(f, x):\n    return f(f(x))\n### END SOLUTION"),
        graded("twice_tests", tests, points=1),
    )
    room.grade_other(source, {"twice": "def twice(f, x):\n    return f(f(x))"})
    calls = [(step["what"], step["inputs"]) for step in of(watched, "called back", "twice_tests")]
    assert calls == [("<the test's square>", ["3"]), ("<the test's square>", ["9"])]
    assert [step["value"] for step in of(watched, "gave", "twice_tests")] == ["9", "81"]


def test_an_assert_that_fails_is_told_with_its_line(room: Room, watched: list[Step]) -> None:
    source = notebook(
        locked("setup", "import torch"),
        answer("one", "### BEGIN SOLUTION\ndef one():\n    return 1\n### END SOLUTION"),
        graded("one_tests", "value = one()\nassert value == 1", points=1),
    )
    assert scores(room.grade_other(source, {"one": "def one():\n    return 2"}))["one"] == 0
    assert [step["text"] for step in of(watched, "stopped", "one_tests")] == ["assert value == 1"]


def test_a_cell_that_asks_without_end_is_told_of_up_to_a_limit(room: Room, watched: list[Step]) -> None:
    more = MOST_IN_A_CELL + 7
    source = notebook(
        locked("setup", "import torch"),
        answer("one", "### BEGIN SOLUTION\ndef one():\n    return 1\n### END SOLUTION"),
        graded("one_tests", f"for _ in range({more}):\n    assert one() == 1", points=1),
    )
    assert scores(room.grade_other(source, {"one": "def one():\n    return 1"}))["one"] == 1
    assert len(of(watched, "asked", "one_tests")) == MOST_IN_A_CELL
    assert [step["questions"] for step in of(watched, "cut", "one_tests")] == [7]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3, "3"),
        (1 / 3, "0.333333"),
        (True, "True"),
        ("a" * 61, repr("a" * 60) + "…"),
        ([1, (2,), {"k": None}], "[1, (2,), {'k': None}]"),
        (list(range(9)), "[0, 1, 2, 3, 4, 5, … 3 more]"),
        ([[[[1]]]], "[[[<list of 1>]]]"),
        ({1}, "set(1)"),
        (torch.zeros(2, 4), "tensor float32 (2, 4) [0, 0, 0, 0, 0, 0, …]"),
        (torch.ones(1, requires_grad=True), "tensor float32 requires grad (1,) [1]"),
        (torch.empty(2, device="meta"), "tensor float32 meta (2,)"),
        (torch.tensor(7), "tensor int64 () [7]"),
        (np.array([1.5]), "array float64 (1,) [1.5]"),
        (np.empty(0), "array float64 (0,) []"),
        (10**300, "<an int of many digits>"),
        (len, "<the test's len>"),
        (object(), "<object>"),
        (Name("norm"), "norm"),
        (Named("p", 2), "p=2"),
    ],
)
def test_a_value_is_shown_in_a_line(value: Any, text: str) -> None:
    assert shown(value, {}) == text


def test_showing_a_value_runs_none_of_its_code() -> None:
    class Odd:
        def __repr__(self) -> str:
            raise AssertionError("asked")

        __str__ = __len__ = __repr__  # type: ignore[assignment]

    assert shown([Odd()], {}) == "[<Odd>]"


@pytest.mark.parametrize(
    ("op", "args"),
    [("cells", (3,)), ("call", (len, 1, 2, 3)), ("there", ()), ("name", ()), ("call", (len, (1,), ("a", "b"), (2,)))],
)
def test_what_is_no_question_of_the_students_side_is_told_as_it_is(
    op: str, args: tuple[Any, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[Step] = []
    monkeypatch.setattr(checks.backend, "heard", checks.backend.heard)  # put back what the recorder puts there
    recorder = Recorder(steps.append, {})
    recorder.begin(0, "")
    recorder.called(op, args)
    assert [(step["event"], step["op"]) for step in steps] == [("called back", op)]


def ann(room: Room, answers: dict[str, str]) -> CourseFolder:
    """The room's course with one hand-in, for the commands."""
    ensure_assignment(room.folder, LESSON)
    place = room.folder.submitted / "ann" / LESSON
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{LESSON}.ipynb").write_bytes(raw(filled(room.release(), answers)))
    return room.folder


@pytest.mark.slow
def test_a_trace_is_its_owners_alone_and_no_page_has_it(room: Room) -> None:
    folder = ann(room, WRONG)
    grade(folder, LESSON, ["ann"], jobs=1, trace=True)
    path = folder.traces / "ann" / LESSON / f"{LESSON}.jsonl"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.traces.stat().st_mode) == 0o700
    assert (folder.traces / ".gitignore").read_text() == "*\n"
    steps = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert (steps[0]["schema"], steps[0]["version"], steps[-1]["event"]) == ("clozegrad trace", 1, "graded")
    assert [step["at"] for step in steps[1:] if step["event"] == "asked"] == sorted(
        step["at"] for step in steps[1:] if step["event"] == "asked"
    )
    write_feedback(folder, LESSON, ["ann"])
    for place in (folder.autograded, folder.feedback):
        assert not list(place.rglob("*.jsonl"))


def test_a_trace_stops_at_its_largest_size(room: Room) -> None:
    hand_in = HandIn("big", room.engines("namespaces").exams[0], None, room.folder.submitted)
    with traced(room.folder, hand_in) as onlooker:
        for _ in range(25):
            onlooker.tell({"event": "asked", "value": "x" * 2**20})
    path = path_of(room.folder, hand_in)
    assert path.stat().st_size <= MAX_BYTES
    assert path.read_text().endswith('{"event": "full"}\n')


def test_a_trace_that_cannot_be_written_stops_the_command_with_the_file(room: Room) -> None:
    hand_in = HandIn("blocked", room.engines("namespaces").exams[0], None, room.folder.submitted)
    path = path_of(room.folder, hand_in)
    path.mkdir(parents=True)
    with pytest.raises(CourseError, match=f"{LESSON}.jsonl cannot be written"), traced(room.folder, hand_in):
        pass


def test_one_kernel_has_nothing_to_trace(room: Room) -> None:
    with pytest.raises(CourseError, match="--trace"):
        grade(room.folder, LESSON, engine="nbgrader", trace=True)


def test_no_value_is_longer_than_a_line_or_two(room: Room, watched: list[Step]) -> None:
    room.grade(ANSWERS | {"field": "field = 'long ' * 10_000"})
    values = [str(step["value"]) for step in watched if step["event"] == "answered"]
    assert max(map(len, values)) <= LONGEST
