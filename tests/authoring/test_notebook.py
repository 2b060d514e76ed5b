"""The source notebook says to nbgrader what each cell is, and is the same at every build."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbgrader.nbgraderformat import MetadataValidator

from course.authoring import notebook
from course.authoring.lesson import Lesson, read
from course.errors import CourseError

Make = Callable[..., Path]


def cells(nb: NotebookNode) -> dict[str, NotebookNode]:
    return {cell.id: cell for cell in nb.cells}


@pytest.fixture
def built(good: Lesson) -> NotebookNode:
    return notebook.source_notebook(good)


def flags(cell: NotebookNode) -> tuple[bool, bool, bool, float | None]:
    meta = cell.metadata.nbgrader
    assert meta.schema_version == 3
    assert meta.grade_id == cell.id
    return meta.grade, meta.solution, meta.locked, meta.get("points")


def test_nbgrader_accepts_the_notebook(built: NotebookNode) -> None:
    MetadataValidator().validate_nb(built)


def test_each_kind_of_cell_has_its_metadata(built: NotebookNode) -> None:
    found = cells(built)
    assert flags(found["setup_1"]) == flags(found["setup_2"]) == (False, False, True, None)
    assert flags(found["root_mean_square"]) == (False, True, False, None)
    assert flags(found["root_mean_square_tests"]) == (True, False, True, 2)
    assert flags(found["why_square"]) == (True, True, False, 2)
    (demo,) = [cell for cell in built.cells if "nbgrader" not in cell.metadata and cell.cell_type == "code"]
    assert demo.id.startswith("demo-")


def test_a_test_cell_begins_hides_and_scores(built: NotebookNode) -> None:
    lines = cells(built)["root_mean_square_tests"].source.split("\n")
    assert lines[0] == 'checks.begin("root_mean_square", points=2)'
    assert lines[lines.index("    ### BEGIN HIDDEN TESTS") + 1] == "    checks.hidden()"
    assert lines[-4:] == ["    ### END HIDDEN TESTS", "", "root_mean_square_tests()", "checks.score()"]


def test_a_question_becomes_prose_and_an_answer_cell_with_the_mark_scheme(built: NotebookNode) -> None:
    prose, answer = built.cells[-2:]
    assert "prefer squares" in prose.source
    assert "2 points, marked by hand" in prose.source
    assert answer.cell_type == "markdown"
    assert answer.source.split("\n")[0] == "### BEGIN SOLUTION"
    assert "Two points for one of" in answer.source
    assert answer.source.split("\n")[-1] == "### END SOLUTION"


def test_a_heading_shows_its_points_and_a_hint_is_folded(built: NotebookNode) -> None:
    (text,) = [cell.source for cell in built.cells if "the root mean square" in cell.source]
    assert "difficulty ●○○○○ · about 3 minutes · 2 points · cards: mean-of-squares" in text
    assert "<details><summary>Hint</summary>\n\nRead the name" in text
    assert "hint:" not in text


def test_wrong_and_right_answers_stay_in_the_lesson(built: NotebookNode) -> None:
    text = notebook.write(built)
    assert "x @ x" not in text
    assert "dim=0" not in text


def test_the_same_lesson_gives_the_same_bytes(good: Lesson, make: Make) -> None:
    assert notebook.write(notebook.source_notebook(good)) == notebook.write(notebook.source_notebook(read(make())))


def test_ids_stay_when_another_cell_changes(good: Lesson, make: Make) -> None:
    before = [cell.id for cell in notebook.source_notebook(good).cells]
    after = [cell.id for cell in notebook.source_notebook(read(make(("6.28, 100", "6.28, 50")))).cells]
    assert len([old for old, new in zip(before, after, strict=True) if old != new]) == 1


def test_two_cells_with_one_text_have_two_ids(make: Make) -> None:
    twice = "# %%\nprint(1)\n\n# %%\nprint(1)\n\n# %% [markdown] question"
    built = notebook.source_notebook(read(make(("# %% [markdown] question", twice))))
    ids = [cell.id for cell in built.cells]
    assert len(set(ids)) == len(ids)


def test_without_a_repository_nothing_points_to_colab(built: NotebookNode) -> None:
    assert "colab" not in notebook.write(built).lower()


def test_with_a_repository_colab_opens_the_release_and_installs_the_course(good: Lesson) -> None:
    (good.path.parent / "data").mkdir()
    (good.path.parent / "data" / "waves.csv").write_text("x\n", "utf-8")
    built = notebook.source_notebook(good, "owner/name")
    assert (
        "colab.research.google.com/github/owner/name/blob/main/release/04_sample/04_sample.ipynb"
        in built.cells[0].source
    )
    assert built.cells[1].source.startswith("# Sample")
    setup = built.cells[2]
    assert (setup.id, setup.metadata) == ("colab", {})
    assert "git+https://github.com/owner/name@main" in setup.source
    assert "https://raw.githubusercontent.com/owner/name/main/release/04_sample/" in setup.source
    assert "data/waves.csv" in setup.source
    exec(compile(setup.source, "colab", "exec"), {})  # does nothing where the course is installed


PLAIN_KERNEL = """
import importlib.util
import sys
from IPython.core.interactiveshell import InteractiveShell

real = importlib.util.find_spec
importlib.util.find_spec = lambda name: None if name == "course" else real(name)  # as where it is not installed
InteractiveShell.instance().run_cell(sys.stdin.read())
"""
OFFLINE = {
    "GIT_CONFIG_COUNT": "1",  # nobody listens there, so git fails as it does without a network
    "GIT_CONFIG_KEY_0": "url.http://127.0.0.1:9/.insteadOf",
    "GIT_CONFIG_VALUE_0": "https://github.com/",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
}


@pytest.mark.parametrize(
    ("beside", "wanted"),
    [
        ("data.whl", "git+https://github.com/owner/name@main"),
        ("clozegrad-0.2.0+h1-py3-none-any.whl", "clozegrad-0.2.0+h1-py3-none-any.whl"),
    ],
)
def test_a_plain_kernel_without_a_network_says_in_a_line_what_is_missing_and_how_to_get_it(
    beside: str, wanted: str, good: Lesson, tmp_path: Path
) -> None:
    (tmp_path / beside).write_text("half of a file")
    setup = notebook.source_notebook(good, "owner/name").cells[2]
    command = [sys.executable, "-c", PLAIN_KERNEL]
    environment = {**os.environ, **OFFLINE, "IPYTHONDIR": str(tmp_path), "HOME": str(tmp_path)}
    done = subprocess.run(command, input=setup.source, env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (said,) = [line for line in done.stdout.splitlines() if line.strip()]
    assert said.startswith("The package `course` is missing, and pip could not get it (")
    assert said.endswith(f"or in a terminal: pip install {wanted}")
    assert "Traceback" not in done.stdout + done.stderr


def test_answers_are_filled_into_solution_cells_of_a_copy(built: NotebookNode) -> None:
    filled = notebook.fill(built, {"row_sizes": "row_sizes = 1", "why_square": "It is smooth."})
    assert cells(filled)["row_sizes"].source == "row_sizes = 1"
    assert cells(filled)["why_square"].source == "It is smooth."
    assert "table.pow" in cells(built)["row_sizes"].source


def test_filling_an_unknown_exercise_names_those_there_are(built: NotebookNode) -> None:
    with pytest.raises(CourseError, match="no solution cell `rows`; it has root_mean_square, row_sizes, why_square"):
        notebook.fill(built, {"rows": ""})
