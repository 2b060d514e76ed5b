"""Sealed solutions in a real kernel: shut, opened by all points, opened on request after two different tries."""

import os
from typing import Any

import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from course.worked import Worked, seal

pytestmark = pytest.mark.slow

STUB = "def root(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
RIGHT = "def root(x):\n    return x**0.5"
WRONG = ["def root(x):\n    return x", "def root(x):\n    return x / 2 - 1"]
TEST = """checks.begin("roots", points=1)

def roots_tests():
    with checks.check("of 4"):
        checks.equal(root(4), 2.0)

roots_tests()
checks.score()"""
CELL = f'checks.sealed("roots", "{seal(Worked("roots", "the root", RIGHT, "A power of one half.", STUB))}")'
ASK = 'checks.solution("roots")'


def run(*sources: str) -> list[str]:
    """What each cell showed."""
    notebook = new_notebook(cells=[new_code_cell(source) for source in ("from course import checks", *sources)])
    NotebookClient(notebook, timeout=120, startup_timeout=600, allow_errors=True).execute(env=dict(os.environ))
    return ["".join(map(shown, cell.outputs)) for cell in notebook.cells[1:]]


def shown(output: Any) -> str:
    if output.output_type == "error":
        return f"{output.ename}: {output.evalue}"
    return str(output.text if output.output_type == "stream" else output.data.get("text/markdown", ""))


def test_a_solution_opens_with_its_reasoning_when_all_points_are_there() -> None:
    shut, *_, opened, asked = run(CELL, RIGHT, TEST, CELL, ASK)
    assert shut == (
        "A worked solution of 'roots' opens when it has all points, or after two different tries: no tries so far.\n"
    )
    assert opened == asked == f"**A worked solution: the root**\n\n```python\n{RIGHT}\n```\n\nA power of one half."


def test_after_two_different_tries_it_opens_on_request_alone() -> None:
    first, second = WRONG
    said = run(CELL, STUB, TEST, ASK, first, TEST, ASK, first, TEST, ASK, second, TEST, CELL, ASK)
    assert said[3].endswith("no tries so far.\n")
    assert said[6] == said[9]
    assert said[6].endswith("1 try so far.\n")
    assert said[12] == ("A worked solution opens here when 'roots' has all points, or by checks.solution('roots').\n")
    assert "A power of one half." in said[13]


def test_where_there_is_none_it_says_which_edition_has_them() -> None:
    (said,) = run(ASK)
    assert "CourseError: there is no worked solution of 'roots' here." in said
    assert "edition for self-study" in said
