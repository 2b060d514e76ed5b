"""Cloze cells in hand-ins: recognised, mended, and known as what binds their name."""

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from course.grading.limits import Limits
from course.grading.plan.exam import Exam
from course.grading.plan.ownership import plan
from course.grading.submission.repair import Repaired, repair

HEAD = "%%cloze step"
ANSWER = f"{HEAD}\nfor p in params:\n    p -= lr"
GIVEN = f"{HEAD}\nfor p in params:\n    p -= ____"
TEST = (
    'from course import checks, cloze\nchecks.begin("step", points=1)\ngiven = cloze.given(step, "x")\nchecks.score()'
)


def cell(name: str, source: str, **flags: object) -> NotebookNode:
    meta = {
        "grade_id": name,
        "schema_version": 3,
        "grade": False,
        "solution": False,
        "locked": False,
        "task": False,
        **flags,
    }
    return new_code_cell(source, id=name, metadata={"nbgrader": meta})


def notebook(answer: str) -> NotebookNode:
    test = cell("step_tests", TEST, grade=True, locked=True, points=1)
    return new_notebook(cells=[cell("step", answer, solution=True), test])


def mended(submitted: NotebookNode) -> Repaired:
    return repair(nbformat.writes(submitted).encode(), notebook(ANSWER), notebook(GIVEN))


def answer_in(repaired: Repaired) -> str:
    (found,) = (each for each in repaired.notebook.cells if each.metadata.get("nbgrader", {}).get("grade_id") == "step")
    return str(found.source)


def test_the_cell_is_what_binds_its_name() -> None:
    needs = plan(notebook(ANSWER)).tests["step_tests"]
    assert needs.fetch == ("step",)
    assert needs.problem == ""


def test_what_a_card_imports_is_not_imported_by_the_grader() -> None:
    source = notebook(f"{HEAD}\nimport antigravity\nfrom wave import open")
    assert Exam("a", "a", source, None, {}, Limits()).modules == ("course", "course.checks", "course.cloze")


def test_a_cell_as_given_is_left_alone() -> None:
    assert mended(notebook(GIVEN)).notes == ()


@pytest.mark.parametrize("head", ["", "%%cloze stepp\n", "%%time\n", "# %%cloze step\n", "%cloze step\n"])
def test_a_first_line_that_was_changed_is_put_back_with_a_note(head: str) -> None:
    repaired = mended(notebook(ANSWER.replace(f"{HEAD}\n", head)))
    assert answer_in(repaired) == ANSWER
    assert repaired.notes == ("answer cell 'step' had lost its first line `%%cloze step`: put back",)


def test_a_cell_that_was_split_becomes_one_again() -> None:
    submitted = notebook(ANSWER)
    rest = cell("step", "    p -= lr", solution=True)
    rest.id = "rest"
    submitted.cells[0].source = f"{HEAD}\nfor p in params:"
    submitted.cells.insert(1, rest)
    assert answer_in(mended(submitted)) == ANSWER


def test_a_cell_is_recognised_by_its_first_line_when_its_metadata_are_gone() -> None:
    submitted = notebook(ANSWER)
    for place, each in enumerate(submitted.cells):
        each.metadata, each.id = NotebookNode(), f"x{place}"
    assert answer_in(mended(submitted)) == ANSWER


def test_a_deleted_cell_comes_back_empty() -> None:
    submitted = notebook(ANSWER)
    del submitted.cells[0]
    assert answer_in(mended(submitted)) == GIVEN
