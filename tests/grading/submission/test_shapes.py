"""Every shape in which honest answers come back gives a notebook that earns full points, and says what was done."""

from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode

from course.grading.submission.repair import Repaired, repair
from tests.grading.shapes import (
    ANSWERS,
    LAMBDAS,
    RELEASE,
    SHAPES,
    SILENT,
    SOURCE,
    all_of,
    inserted,
    made,
    merged_as,
    untouched,
)


def repaired(data: bytes) -> Repaired:
    return repair(data, SOURCE, RELEASE)


def failed(node: NotebookNode) -> list[str]:
    """The tests that fail when all cells run from top to bottom; a cell that fails does not stop the next."""
    space: dict[str, Any] = {}
    found = []
    for cell in node.cells:
        about = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and not cell.source.startswith("%"):
            try:
                exec(cell.source.replace("input(", "str("), space)
            except Exception as error:
                if about.get("grade"):
                    found.append(f"{about.grade_id}: {error!r}")
    return found


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_earns_full_points_and_is_told(name: str) -> None:
    result = repaired(SHAPES[name])
    nbformat.validate(result.notebook)
    assert failed(result.notebook) == []
    assert result.answered == len(ANSWERS)
    assert bool(result.notes) == (name not in SILENT), result.notes


@pytest.mark.parametrize("name", SHAPES)
def test_repairing_a_shape_twice_changes_nothing(name: str) -> None:
    once = repaired(SHAPES[name]).notebook
    assert repaired(nbformat.writes(once).encode()).notebook == once


def test_an_untouched_release_has_no_answer() -> None:
    result = repaired(untouched())
    assert (result.answered, result.notes) == (0, ())
    assert len(failed(result.notebook)) == len(ANSWERS)


NAMED = "dict(area={}, longest={}, evens={})".format(*LAMBDAS)
UNSEEN = [
    f"for name, value in {NAMED}.items():\n    globals()[name] = value",
    f"globals().update({NAMED})",
    f"exec('area = longest = evens = None')\nvars().update({NAMED})",
    f"get_ipython().user_ns.update({NAMED})",
    "import types, sys\nsys.modules['mine'] = types.ModuleType('mine')\n"
    f"sys.modules['mine'].__dict__.update({NAMED})\nfrom mine import *",
]


@pytest.mark.parametrize("source", UNSEEN)
def test_no_stub_is_put_back_behind_code_that_may_bind_its_name_unseen(source: str) -> None:
    change = all_of(
        inserted("area", "import sys\nget_ipython = lambda: sys\nsys.user_ns = globals()"), merged_as(source)
    )
    result = repaired(made(change))
    assert failed(result.notebook) == []
    assert (
        "answer cell 'evens' was deleted: its stub is not put back, which could undo what other code binds"
        in result.notes
    )
    assert repaired(nbformat.writes(result.notebook).encode()).notebook == result.notebook


def test_a_stub_is_put_back_where_the_courses_own_code_binds_unseen() -> None:
    result = repaired(made(merged_as("def area(r):\n    return 0")))
    assert "answer cell 'evens' was deleted: put back as released, without an answer" in result.notes
