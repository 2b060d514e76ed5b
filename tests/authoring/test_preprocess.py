"""ClearBlanks clears what nbgrader clears, and blanks and starter code besides."""

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course.authoring.preprocess import ClearBlanks

STUB = "# YOUR CODE HERE\nraise NotImplementedError()"


def cleared(source: str, solution: bool = True, cell_type: str = "code") -> str:
    make = new_code_cell if cell_type == "code" else new_markdown_cell
    flags = {"grade": cell_type != "code", "solution": solution, "locked": False, "task": False}
    metadata = {"nbgrader": {**flags, "grade_id": "a", "points": 1, "schema_version": 3}}
    notebook: NotebookNode = new_notebook(cells=[make(source, metadata=metadata)])
    notebook, _ = ClearBlanks().preprocess(notebook, {})
    return str(notebook.cells[0].source)


CLEARED = {
    "a cell without marks": ("x = 1", STUB),
    "a region": ("def f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\nf()",
                 "def f():\n    # YOUR CODE HERE\n    raise NotImplementedError()\nf()"),
    "blanks only": ("a = 1\nb = a + 2  #? a | 2\nc = b", "a = 1\nb = ____ + ____\nc = b"),
    "a region and blanks": ("### BEGIN SOLUTION\na = 1\n### END SOLUTION\nb = a  #? a", f"{STUB}\nb = ____"),
    "starter code": ("def f(x):\n    ### BEGIN SOLUTION\n    #! y = x\n    #!\n    #! for i in y:\n    #!     y += i\n"
                     "    for i in x: y += i\n    ### END SOLUTION\n    return y",
                     "def f(x):\n    y = x\n\n    for i in y:\n        y += i\n    return y"),
    "a region with starter code and one without": (
        "### BEGIN SOLUTION\n#! a = 0\na = 1\n### END SOLUTION\n### BEGIN SOLUTION\nb = 1\n### END SOLUTION",
        f"a = 0\n{STUB}"),
}  # fmt: skip


@pytest.mark.parametrize(("source", "released"), CLEARED.values(), ids=CLEARED)
def test_a_solution_cell_keeps_what_is_not_the_answer(source: str, released: str) -> None:
    assert cleared(source) == released


def test_a_written_answer_is_cleared_as_nbgrader_does() -> None:
    assert cleared("### BEGIN SOLUTION\n#? scheme\n### END SOLUTION", cell_type="markdown") == "YOUR ANSWER HERE"


def test_other_cells_are_left_alone() -> None:
    assert cleared("x = 1  #? x", solution=False) == "x = 1  #? x"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("x = 1  #? y", "solution cell a, line 1: `#\\?` names `y`"),
        ("x = 1\n### BEGIN SOLUTION", "solution cell a, line 2: BEGIN SOLUTION is never closed"),
    ],
)
def test_a_marker_that_is_not_clear_stops_the_release(source: str, said: str) -> None:
    with pytest.raises(RuntimeError, match=said):
        cleared(source)


def test_a_region_outside_a_solution_cell_is_refused_as_by_nbgrader() -> None:
    with pytest.raises(RuntimeError, match="non-solution cell"):
        cleared("### BEGIN SOLUTION\n### END SOLUTION", solution=False)
