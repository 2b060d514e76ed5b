"""What crosses is data, comes back as it was, and is believed only where it can be the answer to what was asked."""

import json
import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgpack
import pytest

from course.grading.cluster import wire
from course.grading.plan.exam import Exam, exams_of
from course.grading.submission.repair import repair
from course.grading.verdict.marking import could_not_run, mark
from course.grading.verdict.stored import data_of
from tests.grading.notebooks import ANSWERS, filled, make_course, norms, raw, released


@pytest.fixture(scope="module")
def exam(tmp_path_factory: pytest.TempPathFactory) -> Exam:
    folder = make_course(tmp_path_factory.mktemp("course").resolve(), norms=norms())
    (folder.source / "ps1/values.csv").write_bytes(b"1,2\xff")
    return exams_of(folder, "ps1")[0]


def test_an_exam_comes_back_as_it_was(exam: Exam) -> None:
    (back,) = wire.exams_in(wire.pack_exams([exam]))
    assert back == exam
    assert back.plan == exam.plan


@pytest.mark.parametrize("student", ["ada", "José", "odd\udcff", "", "a\0b"])
def test_a_task_comes_back_as_it_was(exam: Exam, student: str) -> None:
    repaired = repair(raw(filled(released(norms()), ANSWERS)), exam.source, exam.release)
    about = ("run", "hash", "plain", False, 0, ["mean_tests"], student, "seed")
    parts = wire.task_parts(repaired)
    task = wire.Task(*about, files={"a/b.csv": b"\0\xff"}, **parts)
    back = wire.task_in(wire.pack_task(task))
    assert back == task
    assert back.repaired.notebook == repaired.notebook
    assert back.repaired.notes == repaired.notes
    assert {name: list(outputs) for name, outputs in repaired.shown.items()} == back.repaired.shown


def test_a_verdict_comes_back_as_it_would_be_stored(exam: Exam) -> None:
    repaired = repair(raw(filled(released(norms()), ANSWERS)), exam.source, exam.release)
    verdict = replace(mark("ada", exam, repaired, {}, "plain", 1.23456), files={"out.txt": b"\xff"})
    answer = wire.answer_in(wire.pack_verdict("tcp://here", verdict), "ada", exam)
    assert answer.by == "tcp://here"
    assert answer.verdict is not None
    assert data_of(answer.verdict) == data_of(verdict)
    assert answer.verdict.notebook == verdict.notebook
    assert answer.verdict.files == {"out.txt": b"\xff"}


def changed(exam: Exam, change: Callable[[dict[str, Any]], None]) -> bytes:
    """A verdict that somebody has been at."""
    data = msgpack.unpackb(wire.pack_verdict("tcp://here", could_not_run("ada", exam, "no", "plain")))
    change(data)
    return bytes(msgpack.packb(data))


def verdict(**changes: Any) -> Callable[[dict[str, Any]], None]:
    return lambda data: data.update(verdict=json.dumps(json.loads(data["verdict"]) | changes))


def cells(change: Callable[[list[dict[str, Any]]], object]) -> Callable[[dict[str, Any]], None]:
    def apply(data: dict[str, Any]) -> None:
        told = json.loads(data["verdict"])
        change(told["cells"])
        data["verdict"] = json.dumps(told)

    return apply


GARBAGE: dict[str, Callable[[dict[str, Any]], object]] = {
    "another student": verdict(student="eve"),
    "another lesson": verdict(lesson="ps2"),
    "no cells": verdict(cells=[]),
    "cells of another kind": verdict(cells=[1, 2]),
    "a cell twice": cells(lambda found: found.append(found[0])),
    "more points": cells(lambda found: found[0].update(points=100, earned=100)),
    "no ending": cells(lambda found: found[0].update(ending="splendid")),
    "points that are words": cells(lambda found: found[0].update(earned="many")),
    "no notebook": lambda data: data.pop("notebook"),
    "half a notebook": lambda data: data.update(notebook=data["notebook"][:100]),
    "a notebook that is none": lambda data: data.update(notebook='{"cells": 3}'),
    "another notebook": lambda data: data.update(notebook=json.dumps(released(norms()) | {"cells": []})),
    "a file outside": lambda data: data.update(files={"../../eve": b""}),
    "a file that is a number": lambda data: data.update(files={"a": 10**9}),
    "a file that is a number larger than memory": lambda data: data.update(files={"a": 10**15}),
    "a file that is text": lambda data: data.update(files={"a": "text"}),
    "points that no float holds": cells(lambda found: found[0].update(earned=10**400)),
    "points without end": lambda data: data.update(
        verdict=data["verdict"].replace('"seconds": 0.0', '"seconds": 1e999')
    ),
    "a message that no file holds": cells(lambda found: found[0].update(message="\ud800")),
    "a notebook that no file holds": lambda data: data.update(notebook=data["notebook"].replace("Norms", "\\ud800")),
    "a list": lambda data: data.update(verdict="[]"),
    "deep": lambda data: data.update(verdict="[" * 100_000),
}


@pytest.mark.parametrize("name", GARBAGE)
def test_what_cannot_be_a_verdict_on_what_was_sent_is_garbage(exam: Exam, name: str) -> None:
    with pytest.raises(wire.Garbage):
        wire.answer_in(changed(exam, GARBAGE[name]), "ada", exam)


@pytest.mark.parametrize("answer", [b"", b"\xc1", b"abc", None, 3, "text", [], msgpack.packb([1]), msgpack.packb({})])
def test_bytes_that_mean_nothing_are_garbage(exam: Exam, answer: object) -> None:
    with pytest.raises(wire.Garbage):
        wire.answer_in(answer, "ada", exam)


def test_a_pickle_is_not_opened(exam: Exam, tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[Any, ...]:
            return Path.touch, (tmp_path / "opened",)

    with pytest.raises(wire.Garbage):
        wire.answer_in(pickle.dumps(Trap()), "ada", exam)
    assert not (tmp_path / "opened").exists()


def test_points_beyond_the_cells_are_held(exam: Exam) -> None:
    sent = changed(exam, cells(lambda found: found[0].update(earned=100)))
    answer = wire.answer_in(sent, "ada", exam)
    assert answer.verdict is not None
    assert answer.verdict.cells[0].earned == answer.verdict.cells[0].points
