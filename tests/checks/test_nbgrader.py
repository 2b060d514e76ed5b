"""Test cells in a real kernel, scored by nbgrader's own code."""

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.preprocessors import Execute
from nbgrader.utils import determine_grade
from nbgrader.validator import Validator

from course.checks import MIMETYPE

pytestmark = pytest.mark.slow

SETUP = """
import logging, os, sys, warnings
import torch
from course import checks
noisy = logging.getLogger("noisy")
noisy.addHandler(logging.StreamHandler(sys.stderr))
"""
POINTS = 3
HIDDEN = "the input is 42"

# What happens inside a test cell of 3 points, and the points that nbgrader must come to.
CELLS: dict[str, tuple[str, float]] = {
    "all right": ("with checks.check('a'):\n    checks.close(torch.tensor(5.0), 5)", 3.0),
    "partial": ("with checks.check('a'):\n    pass\nwith checks.check('b'):\n    checks.close(1, 2)", 1.5),
    "nothing right": ("with checks.check('a', points=3):\n    checks.close(1, 2)", 0.0),
    "no checks": ("", 0.0),
    "raises": ("with checks.check('a'):\n    undefined\nwith checks.check('b', points=2):\n    pass", 2.0),
    "quits": ("with checks.check('a'):\n    sys.exit()\nwith checks.check('b', points=2):\n    pass", 2.0),
    "ctrl-c": (
        "with checks.check('a'):\n    raise KeyboardInterrupt\nwith checks.check('b', points=2):\n    pass",
        2.0,
    ),
    "a warning": ("with checks.check('a'):\n    warnings.warn('careful')", 3.0),
    "a torch warning": ("with checks.check('a'):\n    torch.nn.MSELoss()(torch.zeros(3), torch.zeros(3, 1))", 3.0),
    "a logger": ("with checks.check('a'):\n    noisy.warning('careful')", 3.0),
    "stderr": ("with checks.check('a'):\n    print('careful', file=sys.stderr)", 3.0),
    "stderr from C": ("with checks.check('a'):\n    os.write(2, b'careful')", 3.0),
    "stderr of a child": ("with checks.check('a'):\n    os.system('echo careful >&2')", 3.0),
    "a warning between checks": (
        "warnings.warn('careful')\nnoisy.warning('x')\nwith checks.check('a'):\n    pass",
        3.0,
    ),
    "a value shown": ("with checks.check('a'):\n    sys.displayhook(2.5)\n    checks.close(1, 2)", 0.0),
    "a value displayed": ("with checks.check('a'):\n    display(2.5)\n    checks.close(1, 2)", 0.0),
    "numpy": ("import numpy as np\nwith checks.check('a', points=np.float64(1)):\n    checks.close(1, 2)", 0.0),
    "after %precision": (
        "with checks.check('a'):\n    pass\nwith checks.check('b', points=3):\n    checks.close(1, 2)",
        0.75,
    ),
    "hidden": (
        f"checks.hidden()\nprint({HIDDEN!r})\ndisplay({HIDDEN!r})\nwith checks.check('a', hint='h'):\n"
        f"    print({HIDDEN!r})\n    display({HIDDEN!r})\n    raise ValueError({HIDDEN!r})\n"
        f"print({HIDDEN!r})\ndisplay({HIDDEN!r})\nwith checks.check('b', points=0):\n    pass",
        0.0,
    ),
    "thirds": ("for i in range(3):\n    with checks.check('a', points=1 / 3):\n        pass", 3.0),
}
BEFORE = {"after %precision": "%precision 0"}


def graded_cell(name: str, body: str) -> Any:
    source = f"checks.begin({name!r}, points={POINTS})\n{body}\nchecks.score()"
    meta = {
        "grade": True,
        "solution": False,
        "locked": True,
        "grade_id": name.replace(" ", "-").replace("%", ""),
        "points": POINTS,
        "schema_version": 3,
    }
    return nbformat.v4.new_code_cell(source, metadata={"nbgrader": {**meta, "task": False, "cell_type": "code"}})


def notebook(cells: dict[str, tuple[str, float]]) -> Any:
    made = [nbformat.v4.new_code_cell(SETUP)]
    for name, (body, _) in cells.items():
        if name in BEFORE:
            made.append(nbformat.v4.new_code_cell(BEFORE[name]))
        made.append(graded_cell(name, body))
    return nbformat.v4.new_notebook(
        cells=made, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    )


@pytest.fixture(scope="module")
def graded() -> dict[str, Any]:
    """The executed cells by name, out of one kernel that nbgrader's own preprocessor ran."""
    patch = pytest.MonkeyPatch()
    patch.setenv("NBGRADER_EXECUTION", "autograde")
    try:
        executed, _ = Execute(timeout=120).preprocess(notebook(CELLS), {"metadata": {"path": "."}})
    finally:
        patch.undo()
    return dict(zip(CELLS, (cell for cell in executed.cells if "nbgrader" in cell.metadata), strict=True))


def printed(cell: Any) -> str:
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")


@pytest.mark.parametrize("name", CELLS)
def test_nbgrader_comes_to_the_right_score(name: str, graded: dict[str, Any]) -> None:
    assert determine_grade(graded[name]) == (CELLS[name][1], 3.0), graded[name].outputs


def test_what_student_code_says_is_shown_on_stdout(graded: dict[str, Any]) -> None:
    assert printed(graded["a warning"]) == "UserWarning: careful\n✓ a (1/1)\n"
    for name in ("a logger", "stderr", "stderr from C", "stderr of a child"):
        assert printed(graded[name]) == "careful\n✓ a (1/1)\n"
    assert "target size" in printed(graded["a torch warning"])
    assert printed(graded["a warning between checks"]) == "UserWarning: careful\nx\n✓ a (1/1)\n"


def test_a_hidden_part_prints_label_points_the_kind_of_fault_and_hint(graded: dict[str, Any]) -> None:
    cell = graded["hidden"]
    kind = "the check could not use what your code returned or left: is it of the type that was asked for?"
    assert printed(cell) == f"✗ a (0/1)\n    {kind}\n    hint: h\n✓ b\n"
    visible = [output for output in cell.outputs if MIMETYPE not in output.get("data", {})]
    assert HIDDEN not in json.dumps(visible)


def test_the_report_for_the_instructor_lies_in_the_notebook(graded: dict[str, Any]) -> None:
    [record] = [output.data[MIMETYPE] for output in graded["hidden"].outputs if MIMETYPE in output.get("data", {})]
    assert (record["exercise"], record["points"]) == ("hidden", 3.0)
    check, _ = record["checks"]
    assert (check["label"], check["hidden"], check["message"]) == ("a", True, f"ValueError: {HIDDEN}")
    assert check["printed"].count(HIDDEN) == 2


def test_a_published_report_has_no_text_for_readers(graded: dict[str, Any]) -> None:
    outputs = [output for output in graded["partial"].outputs if output.output_type == "display_data"]
    assert [list(output.data) for output in outputs] == [[MIMETYPE]]


def test_hiding_the_score_gives_none() -> None:
    made = notebook({"all right": CELLS["all right"]})
    trick = "from IPython import get_ipython\nget_ipython().ast_node_interactivity = 'none'"
    made.cells.insert(1, nbformat.v4.new_code_cell(trick))
    executed, _ = Execute(timeout=120).preprocess(made, {"metadata": {"path": "."}})
    assert determine_grade(executed.cells[-1]) == (0, 3.0)
    assert "ast_node_interactivity" in executed.cells[-1].outputs[-1].evalue


def test_validate_says_what_failed_and_where(tmp_path: Path) -> None:
    cells = {name: CELLS[name] for name in ("all right", "partial", "a warning")}
    path = tmp_path / "ps.ipynb"
    nbformat.write(notebook(cells), path)
    results = Validator().validate(str(path))
    [failed] = results["failed"]
    assert failed["raw_error"] == ("partial: 1 of 2 checks failed, 1.5 of 3 points\n✗ b (0/1)\n    expected 2, got 1")


def test_validate_is_content_with_right_answers(tmp_path: Path) -> None:
    path = tmp_path / "ps.ipynb"
    nbformat.write(notebook({name: CELLS[name] for name in ("all right", "a warning")}), path)
    assert Validator().validate(str(path)) == {}
