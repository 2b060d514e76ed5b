"""Verdicts hold points in their bounds, and nbgrader reads the same score from the outputs made of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat import NotebookNode, validate
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from nbgrader.utils import compute_checksum, determine_grade

from course.grading.verdict.model import (
    ENDINGS,
    CellVerdict,
    SubmissionVerdict,
    ending_for,
    outputs_of,
    written_verdict,
)
from course.results import MIMETYPE, CellReport, CheckResult

CHECKS = (
    CheckResult("open", 1, 1, printed="printed in the open"),
    CheckResult("secret", 2, 0, hidden=True, message="expected 1, got 2", printed="x = 7\n"),
)
REPORT = CellReport("norm", 3.0, CHECKS)


def graded_cell(points: float, outputs: list[NotebookNode]) -> NotebookNode:
    meta = {"grade": True, "solution": False, "locked": True, "grade_id": "t", "points": points, "schema_version": 3}
    return new_code_cell("assert True", metadata={"nbgrader": meta}, outputs=outputs)


def answer_cell(text: str, **meta: object) -> NotebookNode:
    kept = {"grade": True, "solution": True, "locked": False, "grade_id": "why", "points": 2, "schema_version": 3}
    return new_markdown_cell(text, metadata={"nbgrader": kept | meta})


@pytest.mark.parametrize(("earned", "held"), [(-1.0, 0.0), (9.0, 2.0), (float("nan"), 0.0), (1, 1.0), (None, None)])
def test_points_stay_between_none_and_all(earned: float | None, held: float | None) -> None:
    assert CellVerdict("t", 2.0, earned, "partial").earned == held


@given(st.floats(0, 10), st.floats(0, 10), st.booleans(), st.text(), st.sampled_from(ENDINGS))
def test_nbgrader_reads_the_score_that_the_verdict_says(
    points: float, earned: float, checked: bool, message: str, ending: str
) -> None:
    printed = (new_output("stream", name="stderr", text="UserWarning: slow"),)
    report = REPORT if checked else None
    verdict = CellVerdict("t", points, earned, ending, report, message, printed)
    cell = graded_cell(points, outputs_of(verdict))
    for output in cell.outputs:
        validate(output, ref="output", version=4)
    assert determine_grade(cell) == (verdict.earned, points)


def test_a_result_that_student_code_left_is_not_taken_for_the_score() -> None:
    printed = (new_output("execute_result", data={"text/plain": "3.0"}, execution_count=1),)
    assert determine_grade(graded_cell(3, outputs_of(CellVerdict("t", 3, 1.0, "partial", None, "", printed))))[0] == 1.0


def test_the_record_of_the_checks_goes_with_the_outputs() -> None:
    record = outputs_of(CellVerdict("t", 3, 1.0, "partial", REPORT))[0].data
    assert record[MIMETYPE]["exercise"] == "norm"
    assert [check["label"] for check in record[MIMETYPE]["checks"]] == ["open", "secret"]


def test_formgrader_shows_the_instructor_what_hidden_checks_keep_to_themselves() -> None:
    record = outputs_of(CellVerdict("t", 3, 1.0, "partial", REPORT))[0].data
    told = "for the instructor only:\n✗ secret\n    expected 1, got 2\n    x = 7"
    assert record["text/plain"] == told


def test_an_untouched_answer_earns_nothing_and_a_written_one_waits() -> None:
    cell = answer_cell("YOUR ANSWER HERE")
    cell.metadata.nbgrader["checksum"] = compute_checksum(cell)
    assert written_verdict(cell) == CellVerdict("why", 2, 0.0, "blank")
    cell.source = "Because."
    assert written_verdict(cell) == CellVerdict("why", 2, None, "manual")


def test_a_task_always_waits_for_a_person() -> None:
    cell = answer_cell("Plot it below.", grade=False, solution=False, locked=True, task=True)
    cell.metadata.nbgrader["checksum"] = compute_checksum(cell)
    assert written_verdict(cell).ending == "manual"


def test_a_submission_adds_up_its_cells() -> None:
    cells = (CellVerdict("a", 2, 1.5, "partial"), CellVerdict("b", 1, None, "manual"))
    verdict = SubmissionVerdict("ada", "ps1", cells, (), "namespaces", 0.1, NotebookNode())
    assert (verdict.points, verdict.max_points, verdict.name) == (1.5, 3, "ps1")


@pytest.mark.parametrize(("earned", "ending"), [(0, "failed"), (1, "partial"), (2, "passed")])
def test_the_ending_follows_from_the_points(earned: float, ending: str) -> None:
    assert ending_for(earned, 2) == ending
