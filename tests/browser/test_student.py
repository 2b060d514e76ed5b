"""A student in JupyterLab: open the notebook, fill it in, run it, save it, have it validated."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import LESSON, Classroom
from tests.browser.lab import Notebook, Visit

pytestmark = pytest.mark.browser


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
