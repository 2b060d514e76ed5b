"""`course hand-in` and `checks.hand_in()`: what will be graded, and a receipt that collecting verifies."""

import json
import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.utils import compute_checksum
from typer.testing import CliRunner

from course.authoring.notebook import fill
from course.cli import app
from course.errors import CourseError
from course.handin import receipt
from course.handin.handing_in import hand_in

RIGHT = {"twice": "def twice(number):\n    return 2 * number", "area": "area = width * height"}


@pytest.fixture
def mine(tmp_path: Path, tiny_release: NotebookNode) -> Path:
    place = tmp_path / "desk" / "01_tiny.ipynb"
    place.parent.mkdir()
    nbformat.write(tiny_release, place)
    return place


def test_what_is_blank_is_named_and_the_receipt_fits_the_file(mine: Path, tiny_release: NotebookNode) -> None:
    done = CliRunner().invoke(app, ["hand-in", str(mine)])
    assert done.exit_code == 0
    assert done.output.splitlines()[:2] == [
        "01_tiny.ipynb: 0 of 3 answers are filled in",
        "blank or unfinished: twice, area of a rectangle, why",
    ]
    nbformat.write(fill(tiny_release, RIGHT), mine)
    assert receipt.check(mine.read_bytes(), [receipt.beside(mine).read_bytes()]) == "does not match"
    ready = hand_in(mine)
    assert (ready.blank, ready.receipt.answers, ready.receipt.blanks) == (("why",), 2, 1)
    assert receipt.check(mine.read_bytes(), [receipt.beside(mine).read_bytes()]) == "verified"
    assert sorted(path.name for path in mine.parent.iterdir()) == ["01_tiny.ipynb", "01_tiny.receipt.json"]


def test_an_answer_that_is_not_python_is_named_and_an_empty_notebook_asked_about(
    mine: Path, tiny_release: NotebookNode
) -> None:
    assert "Nothing is filled in: is this the file that you worked in?" in hand_in(mine).lines()
    nbformat.write(
        fill(tiny_release, RIGHT | {"twice": "def twice(x):\n    return [x != 2", "area": "%time area = 3"}), mine
    )
    lines = [*hand_in(mine).lines()]
    assert lines[:3] == [
        "01_tiny.ipynb: 2 of 3 answers are filled in",
        "blank or unfinished: why",
        "not Python, so it earns nothing as it is: twice, line 2",
    ]
    assert not [line for line in lines if line.startswith("Nothing")]


@pytest.mark.parametrize("grade", [{}, {"grade": True, "points": 2}, {"grade": True, "points": 0.5}])
def test_a_planted_mistake_is_blank_until_it_is_touched(
    mine: Path, tiny_release: NotebookNode, grade: dict[str, object]
) -> None:
    filled = fill(tiny_release, RIGHT)
    for cell in filled.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.metadata["nbgrader"] |= grade if cell.cell_type == "markdown" else {}
            cell.metadata["nbgrader"]["checksum"] = compute_checksum(cell)  # as if all that were handed out
    nbformat.write(filled, mine)
    assert hand_in(mine).blank == ("twice", "area of a rectangle", "why")
    cell = next(cell for cell in filled.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "twice")
    cell.source += "  # so it was meant"
    nbformat.write(filled, mine)
    assert hand_in(mine).blank == ("area of a rectangle", "why")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "No such file"),
        (b"\x89PNG", "is not a notebook: it may be damaged: take your last copy of it"),
        (b"[1]", "is not a notebook"),
        (b'{"cells": 3}', "has no list of cells"),
        (b'{"cells": [{"cell_type": "code", "metadata": null, "source": "1"}]}', "holds no answers"),
    ],
)
def test_a_file_that_is_no_lesson_gets_no_receipt(tmp_path: Path, content: bytes | None, says: str) -> None:
    place = tmp_path / "odd.ipynb"
    if content is not None:
        place.write_bytes(content)
    with pytest.raises(CourseError, match=says):
        hand_in(place)
    assert not receipt.beside(place).exists()


def test_a_notebook_that_was_not_saved_is_sent_back_to_be_saved(mine: Path, tiny_release: NotebookNode) -> None:
    filled = fill(tiny_release, RIGHT)
    code = [cell.source for cell in filled.cells if cell.cell_type == "code"][:3]
    cells = [new_code_cell(source) for source in (*code, "checks.hand_in()")]
    environment = os.environ | {"JPY_SESSION_NAME": str(mine)}
    notebook = new_notebook(cells=cells)
    NotebookClient(notebook, timeout=120, startup_timeout=600, allow_errors=True).execute(env=environment)
    assert "you have changed twice since. Save the notebook" in notebook.cells[-1].outputs[-1].evalue
    assert not receipt.beside(mine).exists()
    nbformat.write(filled, mine)
    NotebookClient(notebook, timeout=120, startup_timeout=600).execute(env=environment)
    assert "2 of 3 answers are filled in" in notebook.cells[-1].outputs[0].text
    assert json.loads(receipt.beside(mine).read_text("utf-8"))["answers"] == 2


def test_a_kernel_that_does_not_know_its_file_says_what_to_do() -> None:
    notebook = new_notebook(cells=[new_code_cell("from course import checks"), new_code_cell("checks.hand_in()")])
    environment = {key: value for key, value in os.environ.items() if key != "JPY_SESSION_NAME"}
    NotebookClient(notebook, timeout=120, startup_timeout=600, allow_errors=True).execute(env=environment)
    error = notebook.cells[-1].outputs[-1]
    assert "checks.hand_in('NAME.ipynb')" in error.evalue
    assert error.traceback == [error.evalue]  # one sentence, without a traceback
