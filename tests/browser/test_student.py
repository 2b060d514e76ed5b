"""A student in JupyterLab: open the notebook, fill it in, run it, save it, have it validated."""

import json
import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from course.authoring.pipeline import build
from course.cards.importing import import_deck
from course.cards.reading import read_deck
from course.folder import CONFIG_NAME, CourseFolder
from tests.browser.conftest import LESSON, REPOSITORY, Classroom
from tests.browser.lab import Notebook, Visit

pytestmark = pytest.mark.browser

SHIPPED = "04_mnist_baseline"
DECK = """#separator:tab
#html:true
By hand.<pre>with torch.<input name='no_grad_12345678'>():<br>  p -= <input name='lr_12345678'> * p.grad</pre>\tSGD
"""


@pytest.fixture
def notebook(classroom: Classroom, visit: Visit) -> Notebook:
    folder = classroom.folder
    return visit.open(folder.root, classroom.desk(folder.release / LESSON))


def test_a_student_fills_the_blanks_runs_saves_and_validates(notebook: Notebook, visit: Visit) -> None:
    notebook.fill_blank("means", "dim=1")
    notebook.menu("Run", "Run All Cells")
    expect(notebook.output("means_tests")).to_contain_text("✓ one mean a row (1/1)")
    expect(notebook.output("means_tests")).to_contain_text("2.0")
    expect(notebook.output("double_tests")).to_contain_text("✗ three becomes six (0/1)")
    expect(notebook.output("double_tests")).to_contain_text("not filled in yet")

    notebook.save()
    assert notebook.source_on_disk("means") == "means = rows.mean(dim=1)"

    failed = notebook.validate()
    assert "The following cell failed" in failed
    assert "✗ three becomes six (0/1)" in failed
    assert "one mean a row" not in failed

    notebook.replace_line("double", "NotImplementedError", "return 2 * x")
    assert "Success! Your notebook passes all the tests." in notebook.validate()
    assert notebook.source_on_disk("double").endswith("\n    return 2 * x")
    assert visit.errors == []
    assert visit.outside == []


def test_a_student_fills_the_blanks_of_an_imported_deck(classroom: Classroom, visit: Visit, tmp_path: Path) -> None:
    folder = CourseFolder(tmp_path)
    shutil.copy(REPOSITORY / CONFIG_NAME, tmp_path)
    (tmp_path / "deck.txt").write_text(DECK, "utf-8")
    import_deck(read_deck(tmp_path / "deck.txt"), folder.lessons / "20_cards")
    build(folder)

    notebook = visit.open(classroom.folder.root, classroom.desk(folder.release / "20_cards"))
    notebook.fill_blank("card_1", "no_grad")
    notebook.menu("Run", "Run All Cells")
    expect(notebook.output("card_1")).to_contain_text("1 blank is still to be filled in")
    expect(notebook.output("card_1_tests")).to_contain_text("blank 2 is empty, line 3: p -= ____ * p.grad")
    assert "blank 2 is empty" in notebook.validate()

    notebook.fill_blank("card_1", "lr")
    assert "Success! Your notebook passes all the tests." in notebook.validate()
    notebook.menu("Run", "Run All Cells")
    expect(notebook.output("card_1_tests")).to_contain_text("✓ every blank is filled in")
    assert "torch.no_grad():" in notebook.source_on_disk("card_1")
    expect(notebook.complaints).to_have_count(0)
    assert visit.errors == []
    assert visit.outside == []


@pytest.mark.skipif(not (REPOSITORY / "release" / SHIPPED).is_dir(), reason=f"release/{SHIPPED} is not built")
def test_the_shipped_lesson_opens_draws_and_takes_an_answer(classroom: Classroom, visit: Visit) -> None:
    notebook = visit.open(classroom.folder.root, classroom.desk(REPOSITORY / "release" / SHIPPED))
    expect(visit.page.locator(".jp-Notebook h1").first).to_be_visible()

    name, blanks = first_blanks(notebook, REPOSITORY / "source" / SHIPPED / f"{SHIPPED}.ipynb")
    for answer in blanks:
        notebook.fill_blank(name, answer)
    notebook.run_through(f"{name}_tests")

    checked = notebook.output(f"{name}_tests")
    expect(checked).to_contain_text("✓")
    expect(checked).not_to_contain_text("✗")
    notebook.pictures.first.scroll_into_view_if_needed()
    expect(notebook.pictures.first).to_be_in_viewport()
    assert notebook.pictures.first.evaluate("picture => picture.naturalWidth") > 100
    expect(notebook.complaints).to_have_count(0)
    expect(notebook.dialogs).to_have_count(0)
    assert visit.errors == []
    assert visit.outside == []


def first_blanks(notebook: Notebook, source: Path) -> tuple[str, list[str]]:
    """The first solution cell with ____ in it, and what its source notebook has in those places."""
    cell = next(
        cell
        for cell in notebook.on_disk()["cells"]
        if "____" in "".join(cell["source"]) and "nbgrader" in cell["metadata"]
    )
    solved = next(each for each in json.loads(source.read_text("utf-8"))["cells"] if each["id"] == cell["id"])
    lines = [line for line in "".join(cell["source"]).split("\n") if "____" in line]
    return cell["id"], [answer for line in lines for answer in answers(line, "".join(solved["source"]))]


def answers(line: str, solved: str) -> tuple[str, ...]:
    """What stands in the solved cell in place of each ____ of the line."""
    pattern = "(.+?)".join(re.escape(part) for part in line.split("____"))
    found = re.search(rf"^{pattern}\s*#\s?\?", solved, re.MULTILINE)
    assert found, f"{line!r} is not in the source cell"
    return found.groups()
