"""What a cell is, by nbgrader's marks."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.utils import compute_checksum

from course.grading.cells import is_as_released, is_test

CODE, PROSE = new_code_cell, new_markdown_cell


@pytest.mark.parametrize(
    ("make", "marks", "test"),
    [
        (CODE, {"grade": True, "solution": False}, True),
        (CODE, {"grade": True, "solution": True}, False),  # an answer that a person grades
        (CODE, {"grade": False, "solution": True}, False),
        (PROSE, {"grade": True, "solution": False}, False),
        (CODE, None, False),
    ],
)
def test_a_test_is_graded_code_that_is_no_answer(make, marks, test) -> None:
    cell = make("1", metadata={} if marks is None else {"nbgrader": marks})
    assert is_test(cell) is test


def test_an_answer_is_as_released_until_its_text_changes() -> None:
    cell = CODE("raise NotImplementedError", metadata={"nbgrader": {"grade_id": "a", "solution": True, "points": 1}})
    assert not is_as_released(cell)  # nothing says what was released
    cell.metadata["nbgrader"]["checksum"] = compute_checksum(cell)
    assert is_as_released(cell)
    cell.source = "x = 1"
    assert not is_as_released(cell)


def test_a_task_is_never_as_released() -> None:
    cell = PROSE("Draw it.", metadata={"nbgrader": {"grade_id": "a", "task": True, "points": 1}})
    cell.metadata["nbgrader"]["checksum"] = compute_checksum(cell)
    assert not is_as_released(cell)
