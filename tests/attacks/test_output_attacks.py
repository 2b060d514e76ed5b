"""Attacks through what a cell shows: the student's process may send anything as outputs, and pages and tables show it."""

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
import torch

from course.grading.boundary import CellOutcome, WireViolation
from course.grading.gradebook.assignment import ensure_assignment
from course.grading.keeping import save
from course.grading.outputs import NOTEBOOK_CAP, Space, sound_outputs, sound_report, sound_text
from course.report.feedback import write_feedback
from course.report.table import class_table, write_csv
from course.results import CellReport, CheckResult
from tests.grading.exam_fixture import ANSWERS, LESSON, Room, cell, scores
from tests.grading.notebooks import code, filled, notebook, raw

DEEP: list[Any] = []
for _ in range(300):
    DEEP = [DEEP]
FORGED = (
    None, 5, [], {}, {"output_type": []}, {"output_type": "stream"}, {"output_type": "error"}, {"output_type": "html"},
    {"output_type": "stream", "name": 7, "text": ["a", 5]},
    {"output_type": "error", "ename": 3, "evalue": {}, "traceback": "x"},
    {"output_type": "error", "ename": "passed", "evalue": "\ud800", "traceback": [5, "\udc80"]},
    {"output_type": "display_data", "data": 5, "metadata": [1]},
    {"output_type": "display_data", "data": {5: 5, "text/plain": 7, "image/png": '"><script>', "text/html": ["a"]}},
    {"output_type": "display_data", "data": {"image/png": "aGk="}, "metadata": {"image/png": {"width": "1 onerror=x"}}},
    {"output_type": "display_data", "data": {"application/json": {"a": 1 << 80, "\ud800": [float("nan")]}}},
    {"output_type": "display_data", "data": {"application/json": DEEP, "naïve/type": "x"}},
    {"output_type": "execute_result", "data": {"text/plain": "3.0"}, "execution_count": "many"},
    {"output_type": "stream", "text": "ok", 5: 5},
)  # fmt: skip


def test_forged_outputs_become_a_notebook_that_can_be_saved() -> None:
    made = notebook(code("1"))
    made.cells[0].outputs = nbformat.from_dict(sound_outputs(list(FORGED)))
    nbformat.validate(made)
    nbformat.writes(made).encode()
    shown = json.dumps(made)
    assert not [word for word in ("script", "onerror", "naïve") if word in shown]
    assert "ok" in shown
    assert "aGk=" in shown


@pytest.mark.parametrize("part", [5, {}, (1,), b"x", torch.ones(2), {"output_type": "stream", "text": "x"}, len])
def test_a_part_of_an_outcome_that_is_of_a_wrong_type_is_empty(part: object) -> None:
    assert CellOutcome.from_data({"outputs": part, "error": part, "message": part}) == CellOutcome([], "")
    assert CellOutcome.from_data({}) == CellOutcome([])


@pytest.mark.parametrize("data", [None, 5, [], "abc", (1,), CellOutcome()])
def test_what_has_no_parts_is_no_outcome(data: object) -> None:
    with pytest.raises(WireViolation):
        CellOutcome.from_data(data)


@pytest.mark.parametrize("error", ["CellOutcome", "torch.ones(2)", "7"])
def test_an_outcome_forged_in_the_students_process_ends_no_process_of_the_graders(room: Room, error: str) -> None:
    forging = (
        "from course.grading.boundary import CellOutcome\nreal = CellOutcome.as_data\n"
        f"CellOutcome.as_data = lambda told: real(told) | {{'error': {error}}}\n"
    )
    assert scores(room.grade(ANSWERS | {"double": forging + ANSWERS["double"]})) == {
        "double": 3, "field": 1, "Tiny": 2, "step": 1,
    }  # fmt: skip


def test_outputs_past_the_caps_are_left_out() -> None:
    many = [{"output_type": "stream", "text": "x"}] * 100_000
    large = [{"output_type": "display_data", "data": {"text/plain": "x" * 4_000_000}} for _ in range(5)]
    assert len(sound_outputs(many)) < 1000
    assert len(json.dumps(sound_outputs(large))) < 10_000_000


BULKY = {
    "text": {"output_type": "stream", "text": "x" * 900_000},
    "a page": {"output_type": "display_data", "data": {"text/html": "<b>" * 300_000}},
    "a picture": {"output_type": "display_data", "data": {"image/png": "A" * 900_000}},
    "a traceback of many lines": {"output_type": "error", "traceback": [""] * 90_000},
    "the name of an error": {"output_type": "error", "ename": "E" * 900_000, "traceback": ["x" * 900_000]},
    "the names of forms": {"output_type": "display_data", "data": {f"{n}" + "x" * 9000: "" for n in range(100)}},
    "many forms": {"output_type": "display_data", "data": {f"text/{n}": "x" * 9 for n in range(100_000)}},
    "json": {"output_type": "display_data", "data": {"application/json": [[]] * 30_000}},
    "json with long names": {"output_type": "display_data", "data": {"application/json": {"x" * 900_000: 1}}},
}


@pytest.mark.parametrize("name", BULKY)
def test_all_cells_together_show_no_more_than_a_page_can_hold(name: str) -> None:
    space = Space()
    kept = sum(len(json.dumps(space.take([BULKY[name]] * 3, "m" * 9_000))) for _ in range(60))
    assert kept < 1.2 * NOTEBOOK_CAP < 40_000_000


def test_a_cell_for_whose_output_there_is_no_space_says_so_and_the_rest_goes_on() -> None:
    space = Space(1000)
    first, second, third = (space.take([{"output_type": "stream", "text": "x" * n}], "") for n in (600, 600, 100))
    assert "x" * 600 in str(first)
    assert "dropped" in str(second)
    assert "xxx" not in str(second)
    assert "x" * 100 in str(third)


def test_text_that_no_file_can_hold_is_replaced_and_the_rest_kept() -> None:
    assert sound_text("naïve 😀 \ud800!") == "naïve 😀 �!"
    assert sound_text("\ud83d\ude00") == "😀"
    check = CheckResult("\ud800", 1.0, 0.5, message="a\ud800", told="\ud800b")
    (sound,) = sound_report(CellReport("\ud800", 3.0, (check,))).checks
    assert sound == CheckResult("�", 1.0, 0.5, message="a�", told="�b")


def test_outputs_forged_in_the_students_process_cost_nobody_anything(room: Room, tmp_path: Path) -> None:
    crossing = [one for one in FORGED if DEEP not in _values(one)]
    forging = (
        (
            "from course.grading.boundary import CellOutcome\nreal, D = CellOutcome.as_data, []\nfor _ in range(40): D = [D]\n"
            f"forged = {crossing!r} + [{{'output_type': 'stream', 'text': torch.ones(2)}}, {{'output_type': D}}, CellOutcome]\n"
            "CellOutcome.as_data = lambda told: real(told) | {'outputs': forged, 'message': D}\n"
        )
        .replace(" nan", " float('nan')")
        .replace("[nan", "[float('nan')")
    )
    verdict = room.grade(ANSWERS | {"double": forging + ANSWERS["double"], "field": "raise ValueError('\\ud800')"})
    assert scores(verdict) == {"double": 3, "field": 0, "Tiny": 2, "step": 1}
    ensure_assignment(room.folder, LESSON)
    save(room.folder, verdict)
    class_table([verdict])
    write_csv([verdict], tmp_path / "grades.csv")
    (page,) = write_feedback(room.folder, LESSON, ["ann"])
    assert page.pages
    assert "<script" not in page.pages[0].read_text("utf-8")


def _values(output: object) -> list[Any]:
    return (
        list(output.get("data", {}).values())
        if isinstance(output, dict) and isinstance(output.get("data"), dict)
        else []
    )


def test_text_that_is_no_unicode_costs_only_its_own_check(room: Room) -> None:
    answers = ANSWERS | {
        "double": "print('\\udc80')\n" + ANSWERS["double"],
        "step": "print('\\ud800')\n" + ANSWERS["step"],
    }
    verdict = room.grade(answers)
    assert scores(verdict) == {"double": 3, "field": 1, "Tiny": 2, "step": 1}
    save_text = nbformat.writes(verdict.notebook).encode()
    assert "�".encode() in save_text


def test_the_graders_own_exit_status_is_no_excuse(room: Room) -> None:
    verdict = room.grade(ANSWERS | {"double": "import os\ndef double(x):\n    os._exit(70)"})
    assert cell(verdict, "double").ending == "exited"
    at_once = room.grade(ANSWERS | {"double": "import os\nos._exit(70)"})
    answer = next(one for one in at_once.notebook.cells if one.metadata.nbgrader.get("grade_id") == "double")
    assert "could not start" not in str(answer.outputs)
    assert scores(at_once)["Tiny"] == 2


def test_a_hand_in_cannot_name_its_own_points_kernel_or_test(room: Room) -> None:
    made = filled(room.release(), ANSWERS | {"double": "def double(x):\n    return x"})
    made.metadata["kernelspec"] = {"name": "sh", "argv": ["sh", "-c", "echo CANARY"], "display_name": "x"}
    made.metadata["clozegrad"] = {"jail": "none", "cell_s": 1e9}
    for one in made.cells:
        if one.metadata.get("nbgrader", {}).get("grade_id") == "double_tests":
            one.source = "3.0"
            one.metadata.nbgrader |= {"points": 100, "grade": True, "solution": True, "checksum": "0"}
    extra = code("3.0", grade_id="mine", grade=True, points=100)
    extra["id"] = "../../x" * 20
    made.cells.append(extra)
    verdict = room.grade_raw(raw(made))
    assert scores(verdict) == {"double": 0, "field": 1, "Tiny": 2, "step": 1}
    assert verdict.max_points == 7
    assert verdict.notebook.metadata.kernelspec.name == "python3"
    nbformat.validate(verdict.notebook)
