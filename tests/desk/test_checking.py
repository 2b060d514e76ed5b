"""`course check`: how far a student's notebook is, by its visible tests in a real kernel."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.utils import compute_checksum
from typer.testing import CliRunner

from course.authoring.notebook import fill
from course.cli import app

pytestmark = pytest.mark.slow


RIGHT = {"twice": "def twice(number):\n    return 2 * number", "area": "area = width * height"}


def checked(place: Path, notebook: NotebookNode, *options: str) -> list[str]:
    """What the command says of a notebook."""
    nbformat.write(notebook, place / "mine.ipynb")
    done = CliRunner().invoke(app, ["check", str(place / "mine.ipynb"), *options])
    assert done.exit_code == 0, done.output
    return done.output.splitlines()


def test_as_released_nothing_is_begun_and_the_first_exercise_comes_next(
    tmp_path: Path, tiny_release: NotebookNode
) -> None:
    said = checked(tmp_path, tiny_release)
    assert said[0].startswith("0 of ")
    rows = [line for line in said if line.startswith(("✓", "◐", "✗", "○")) and "questions" not in line]
    assert rows
    assert {line[0] for line in rows} == {"○"}
    assert "Next to try: twice, about 1 minute" in said
    assert not any(line.startswith("Look at first") for line in said)


def test_right_wrong_and_unreadable_answers_are_told_apart(tmp_path: Path, tiny_release: NotebookNode) -> None:
    all_right = checked(tmp_path, fill(tiny_release, RIGHT))
    assert "Every check that you can see has passed. Hidden ones run when your work is graded." in all_right
    said = checked(tmp_path, fill(tiny_release, {**RIGHT, "twice": "def twice(number):\n    return number"}))
    assert said[0] == "1 of 4 points in the checks that you can see"
    assert "Look at first: twice" in said
    assert any("twice two is four" in line for line in said)
    broken = fill(tiny_release, {"twice": "def broken(:\n    pass"})
    said = checked(tmp_path, broken)
    (row,) = [line for line in said if line.startswith("✗ twice")]
    assert row.endswith("its cell stops with SyntaxError: invalid syntax, line 1: def broken(:")
    assert said[said.index("Look at first: twice") + 1].strip() in row
    assert not any("NameError" in line for line in said)


def test_a_loop_without_an_end_costs_its_own_exercise_alone(tmp_path: Path, tiny_release: NotebookNode) -> None:
    endless = fill(tiny_release, {**RIGHT, "twice": "while True:\n    pass"})
    said = checked(tmp_path, endless, "--cell-s", "20")
    assert next(line for line in said if "it takes too long" in line).startswith("✗ twice")
    assert "Look at first: twice" in said
    assert not any(line.startswith("Next to try: twice") for line in said)
    assert any(line.startswith("✓ area of a rectangle") for line in said)


def test_cells_that_nothing_needs_are_not_run_unless_asked_for(tmp_path: Path, tiny_release: NotebookNode) -> None:
    mark = tmp_path / "ran"
    noisy = nbformat.from_dict(tiny_release)
    noisy.cells.append(new_code_cell(f"open({str(mark)!r}, 'w').close()"))
    checked(tmp_path, noisy)
    assert not mark.exists()
    checked(tmp_path, noisy, "--all-cells")
    assert mark.exists()


def test_questions_in_words_are_counted(tmp_path: Path, tiny_release: NotebookNode) -> None:
    asked = nbformat.from_dict(tiny_release)
    about = {"solution": True, "grade": True, "locked": False, "task": False, "points": 2, "schema_version": 3}
    for name, text in {"why": "YOUR ANSWER HERE", "how": "Because it is."}.items():
        asked.cells.append(new_markdown_cell(text, metadata={"nbgrader": {**about, "grade_id": name}}))
    (line,) = [line for line in checked(tmp_path, asked) if "questions" in line]
    assert line == "○ questions to answer in words: 1 of 3"


def test_an_exercise_whose_test_is_gone_is_named(tmp_path: Path, tiny_release: NotebookNode) -> None:
    fewer = nbformat.from_dict(tiny_release)
    fewer.cells = [one for one in fewer.cells if 'checks.begin("twice"' not in one.source]
    (row,) = [line for line in checked(tmp_path, fewer) if "twice" in line and line.startswith("✗")]
    assert row.endswith("its test cell is gone: take it from a fresh copy of the notebook")


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "there is no "), (b"\x89PNG", "not a notebook"), (b'{"cells": []}', "no cells"),
     (b'{"cells": [{"cell_type": "code", "source": "1"}]}', "has no exercise")],
)  # fmt: skip
def test_what_cannot_be_checked_is_one_line_with_its_name(tmp_path: Path, content: bytes | None, says: str) -> None:
    place = tmp_path / "odd.ipynb"
    if content is not None:
        place.write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-m", "course", "check", str(place)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert says in done.stderr
    assert str(place) in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_terminal_shows_nothing_but_the_standing(tmp_path: Path, tiny_release: NotebookNode) -> None:
    nbformat.write(tiny_release, tmp_path / "mine.ipynb")
    command = [sys.executable, "-m", "course", "check", str(tmp_path / "mine.ipynb")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert done.stdout.startswith("0 of 4 points in the checks that you can see\n\n○ twice")


def test_progress_in_a_notebook_shows_what_has_run_there(tmp_path: Path, tiny_release: NotebookNode) -> None:
    filled = fill(tiny_release, RIGHT)
    code = [cell.source for cell in filled.cells if cell.cell_type == "code"][:3]
    notebook = new_notebook(cells=[new_code_cell(source) for source in (*code, "checks.progress()")])
    nbformat.write(filled, tmp_path / "mine.ipynb")
    for session, other in {"": False, str(tmp_path / "mine.ipynb"): True}.items():
        NotebookClient(notebook, timeout=120, startup_timeout=600).execute(
            env=os.environ | {"JPY_SESSION_NAME": session}
        )
        said = notebook.cells[-1].outputs[0].text
        assert "✓ twice" in said
        assert ("· area of a rectangle  its test has not run" in said) is other


@pytest.mark.parametrize(("typed", "mark"), [("", "○"), ("    # my own\n", "✗")])
def test_a_mistake_that_was_handed_out_is_not_begun_until_it_is_touched(
    tmp_path: Path, tiny_release: NotebookNode, typed: str, mark: str
) -> None:
    filled = fill(tiny_release, {"twice": "def twice(number):\n    return 3 * number\n"})
    answer = next(cell for cell in filled.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "twice")
    answer.metadata.nbgrader.checksum = compute_checksum(answer)
    nbformat.write(filled, tmp_path / "mine.ipynb")
    code = [cell.source + typed * (cell is answer) for cell in filled.cells if cell.cell_type == "code"][:3]
    notebook = new_notebook(cells=[new_code_cell(source) for source in (*code, "checks.progress()")])
    environment = os.environ | {"JPY_SESSION_NAME": str(tmp_path / "mine.ipynb")}
    NotebookClient(notebook, timeout=120, startup_timeout=600).execute(env=environment)
    said = notebook.cells[-1].outputs[0].text
    assert f"{mark} twice" in said
    assert ("Next to try: twice" in said) is (mark == "○")


def test_the_command_watches_until_it_is_interrupted(tmp_path: Path, tiny_release: NotebookNode) -> None:
    nbformat.write(tiny_release, tmp_path / "mine.ipynb")
    command = [sys.executable, "-u", "-m", "course", "check", "--watch", str(tmp_path / "mine.ipynb")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as watching:
        assert watching.stdout is not None
        assert watching.stderr is not None
        while "Ctrl-C ends." not in watching.stdout.readline():
            pass
        watching.send_signal(signal.SIGINT)
        assert watching.stderr.read() == ""
    assert watching.returncode == 0


def test_a_watched_notebook_is_checked_at_every_save(tmp_path: Path, tiny_release: NotebookNode) -> None:
    from course.desk.checking import watch

    place = tmp_path / "mine.ipynb"
    nbformat.write(tiny_release, place)
    shown = watch(place)
    assert next(shown) == "checking mine.ipynb …"
    assert next(shown).startswith("0 of ")
    place.write_text("halfway")
    assert next(shown) == "checking mine.ipynb …"
    assert "not a notebook" in next(shown)
    nbformat.write(fill(tiny_release, RIGHT), place)
    next(shown)
    assert "Every check that you can see has passed" in next(shown)
