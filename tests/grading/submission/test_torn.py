"""A function that was torn apart, whatever stands between its parts and whatever they were merged into, is whole again."""

from collections.abc import Callable

import pytest
from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_code_cell, new_markdown_cell

from tests.grading.notebooks import NORM
from tests.grading.submission.test_repair import assert_full_marks, cell_of, handed_in, place, repaired, run

Tear = Callable[[NotebookNode, str], int]  # puts a head somewhere; returns where the rest comes
BETWEEN = {"nothing": [], "own code": [new_code_cell("x = 3")], "prose": [new_markdown_cell("Now I go on.")],
           "both": [new_markdown_cell("Wait."), new_code_cell("x = 3\nprint(x)")]}  # fmt: skip


def _head_in_answer(node: NotebookNode, head: str) -> int:
    cell_of(node, "norm").source = head
    return place(node, "norm") + 1


def _head_in_own_cell(node: NotebookNode, head: str) -> int:
    at = place(node, "norm")
    node.cells[at] = new_code_cell(head)
    return at + 1


def _head_in_given_code(node: NotebookNode, head: str) -> int:
    at = place(node, "setup_1")
    node.cells[at].source += f"\n\n{head}"
    del node.cells[place(node, "norm")]
    return at + 1


def _head_before_the_answers_cell(node: NotebookNode, head: str) -> int:
    at = place(node, "norm")
    node.cells.insert(at, new_code_cell(f"y = 1\n\n{head}"))
    del node.cells[at + 1]
    return at + 1


@pytest.mark.parametrize("at", [1, 2])
@pytest.mark.parametrize("between", BETWEEN)
@pytest.mark.parametrize(
    "head_in", [_head_in_answer, _head_in_own_cell, _head_in_given_code, _head_before_the_answers_cell]
)
@pytest.mark.parametrize("rest_in", ["own cell", "answer cell", "test cell", "prose"])
def test_a_torn_function_is_whole_again(at: int, between: str, head_in: Tear, rest_in: str) -> None:
    node = handed_in()
    marks = cell_of(node, "norm").metadata
    lines = NORM.splitlines()
    head, rest = "\n".join(lines[:at]), "\n".join(lines[at:])
    behind = head_in(node, head)
    cells = [from_dict(cell) for cell in BETWEEN[between]]
    if rest_in == "test cell":
        cell_of(node, "norm_tests").source = f"{rest}\n\n{cell_of(node, 'norm_tests').source}"
    elif rest_in == "prose":
        cells.append(new_markdown_cell(rest))
    elif rest_in == "own cell" or head_in is _head_in_answer:
        cells.append(new_code_cell(rest))
    else:
        cells.append(new_code_cell(rest, metadata=marks))
    node.cells[behind:behind] = cells
    result = repaired(node)
    assert_full_marks(result.notebook)
    assert any("torn" in note or "split" in note or "merged" in note for note in result.notes)


def test_a_rest_that_goes_on_with_nothing_stays_where_it_is() -> None:
    node = handed_in()
    node.cells.insert(place(node, "norm") + 1, new_code_cell("    return 7 +"))
    assert not any(run(repaired(node).notebook)["failed"])


def test_an_indented_cell_does_not_change_a_whole_function_above_it() -> None:
    node = handed_in()
    node.cells.append(new_code_cell("    x = 3"))
    assert not any(run(repaired(node).notebook)["failed"])
