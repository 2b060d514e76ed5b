"""What formgrader shows of a hand-in: its own page, made with our nbgrader_config.py, acts on nobody's behalf."""

from functools import cache
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbgrader.server_extensions.formgrader import handlers

from course.folder import CourseFolder
from tests.grading.notebooks import written

ROOT = Path(__file__).parents[2]
ABOUT = {"assignment_id": "a", "notebook_id": "n", "submission_id": "1", "index": 0, "total": 1, "base_url": ""}
ABOUT |= {"student": "eve", "last_name": "", "first_name": "", "notebook_path": ""}
SCRIPTS = {
    "a script": "<script>MARK()</script>",
    "a picture that fails": '<img src="x" onerror="MARK()">',
    "a drawing": '<svg onload="MARK()"><script>MARK()</script></svg>',
    "a frame": '<iframe srcdoc="&lt;script&gt;MARK()&lt;/script&gt;"></iframe>',
    "a form": '<form action="MARK"><button formaction="javascript:MARK()">Full credit</button></form>',
    "a link that runs": '<a href="javascript:MARK()">see my plot</a>',
    "markdown's link": "[see](javascript:MARK())",
    "a formula": r"$\href{javascript:MARK()}{x}$ <math href='javascript:MARK()'></math>",
}
RUNNING = ("script", "iframe", "object", "embed", "svg", "form", "math")


@cache
def exporter() -> HTMLExporter:
    """The one that formgrader makes, with our nbgrader_config.py."""
    config = CourseFolder(ROOT).config.copy()
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    return HTMLExporter(config=config)


def page(*cells: NotebookNode) -> BeautifulSoup:
    """What formgrader's page shows of these cells."""
    html, _ = exporter().from_notebook_node(new_notebook(cells=list(cells)), resources=dict(ABOUT))
    return BeautifulSoup(html.partition('id="notebook-container"')[2], "html.parser")


def shown_as(kind: str, code: str) -> NotebookNode:
    """A cell that shows the code in one of the ways that a student has."""
    if kind in ("prose", "an answer in words"):
        return new_markdown_cell(code) if kind == "prose" else written("why", code)
    return new_code_cell("", outputs=[new_output("display_data", data={kind: code})])


@pytest.mark.parametrize(
    "kind",
    [
        "prose",
        "an answer in words",
        "text/html",
        "text/markdown",
        "image/svg+xml",
        "application/javascript",
        "text/latex",
    ],
)
def test_a_hand_in_runs_nothing_in_formgrader(kind: str) -> None:
    shown = page(*(shown_as(kind, code) for code in SCRIPTS.values()))
    assert not [tag for tag in shown(RUNNING) if "MARK" in str(tag)]
    for tag in shown(True):
        attributes = {name: str(value) for name, value in tag.attrs.items()}
        assert not [name for name in attributes if name.startswith("on")]
        assert not [name for name, value in attributes.items() if name != "src" and "javascript:" in value.lower()]
        assert not attributes.get("src", "").lower().startswith(("javascript:", "data:text/html"))


def test_prose_formulas_pictures_and_tables_still_show_in_formgrader() -> None:
    table = "<table><tr><td>3</td></tr></table>"
    outputs = [new_output("display_data", data=data) for data in ({"text/html": table}, {"image/png": "aGk="})]
    shown = str(page(new_markdown_cell("# Norms\n\n$x < y$ and **bold**"), new_code_cell("1", outputs=outputs)))
    for part in ("Norms", "$x &lt; y$", "<strong>bold</strong>", "<td>3</td>", "data:image/png;base64,aGk="):
        assert part in shown
