"""A test that was deleted is back where its answer's name still means the answer."""

import sys
from pathlib import Path

import pytest
from nbformat import NotebookNode

from course.grading.run import grade
from course.grading.submission.repair import repair
from tests.grading.notebooks import answer, code, filled, graded, make_course, notebook, raw, released

SOURCE = notebook(
    answer("half", "def half(x):\n    ### BEGIN SOLUTION\n    return x / 2\n    ### END SOLUTION"),
    graded("half_tests", "assert half(4) == 2"),
)
RIGHT = "def half(x):\n    return x * 0.5"
REBINDING = {
    "an assignment": "half = 3",
    "an annotated one": "half: int = 3",
    "a walrus": "if (half := 3):\n    pass",
    "a walrus in a default": "def third(x=(half := 3)):\n    return x",
    "a walrus in a comprehension": "[half := i for i in range(3)]",
    "a capture": "match 3:\n    case half:\n        pass",
    "a starred capture": "match [3]:\n    case [*half]:\n        pass",
    "the rest of a mapping": "match {}:\n    case {**half}:\n        pass",
    "a global": "def spoil():\n    global half\n    half = 3\nspoil()",
    "a global of an inner function": "def outer():\n    def inner():\n        global half\n        half = 3\n    inner()\nouter()",
    "a global function": "def spoil():\n    global half\n    def half(x):\n        return 3\nspoil()",
    "a global import": "def spoil():\n    global half\n    import math as half\nspoil()",
    "a global in a class": "class Spoil:\n    global half\n    half = 3",
    "a module": "import math as half",
    "a library's function": "from math import sqrt as half",
    "an error": "try:\n    1 / 0\nexcept Exception as half:\n    pass",
    "a loop": "for half in range(3):\n    pass",
    "a context": "from contextlib import nullcontext\nwith nullcontext(3) as half:\n    pass",
    "a starred target": "first, *half = 1, 2, 3",
    "a deletion": "del half",
    "a deletion in a function": "def spoil():\n    global half\n    del half\nspoil()",
}
KEEPING = {
    "an item": "seen = {}\nseen[half] = 3",
    "an attribute": "half.calls = 0",
    "a local": "def third(x):\n    half = x / 2\n    return half",
    "a comprehension's variable": "[half for half in range(3)]",
    "a parameter": "print((lambda half: half)(3))",
    "a class's attribute": "class Third:\n    half = 3",
    "another version": "def half(x):\n    return x / 2",
    "another name's value": "other = half\nhalf = other",
}


def without_its_test(cell: str) -> NotebookNode:
    """The right answer, no test, and one more cell."""
    made = filled(released(SOURCE), {"half": RIGHT})
    made.cells[1] = code(cell)
    return made


def test_a_cell_that_rebinds_the_name_in_any_way_costs_nothing(tmp_path: Path) -> None:
    folder = make_course(tmp_path.resolve(), halves=SOURCE)
    for what, cell in REBINDING.items():
        place = folder.submitted / what / "ps1/halves.ipynb"
        place.parent.mkdir(parents=True)
        place.write_bytes(raw(without_its_test(cell)))
    verdicts = grade(folder, "ps1", jobs=2)
    assert len(verdicts) == len(REBINDING)
    assert [verdict.student for verdict in verdicts if verdict.points != 1] == []


@pytest.mark.parametrize("what", KEEPING)
def test_a_cell_that_leaves_the_name_as_it_is_stays_before_the_test(what: str) -> None:
    order = [cell.source for cell in repair(raw(without_its_test(KEEPING[what])), SOURCE).notebook.cells]
    assert order == [RIGHT, KEEPING[what], "assert half(4) == 2"]


@pytest.mark.skipif(sys.version_info < (3, 12), reason="a new statement of Python 3.12")
def test_a_name_for_a_type_rebinds_as_well() -> None:
    order = [cell.source for cell in repair(raw(without_its_test("type half = int")), SOURCE).notebook.cells]
    assert order == [RIGHT, "assert half(4) == 2", "type half = int"]


def test_an_answer_that_is_imported_is_guarded_like_one_that_is_written() -> None:
    source = notebook(answer("root", "root = ____"), graded("root_tests", "assert root(4) == 2"))
    hand_in = notebook(answer("root", "from math import sqrt as root"), code("root = 3"))
    order = [cell.source for cell in repair(raw(hand_in), source).notebook.cells]
    assert order == ["from math import sqrt as root", "assert root(4) == 2", "root = 3"]
