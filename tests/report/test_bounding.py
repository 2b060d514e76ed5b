"""No hand-in keeps a page waiting, none makes it huge, and none costs another its page."""

import copy
import resource
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from course.folder import CourseFolder
from course.report import bounding
from course.report.bounding import bound
from course.report.feedback import write_feedback
from course.report.page import FeedbackExporter
from tests.report.heavy import ABOUT, KINDS
from tests.report.test_feedback import TINY, graded, record
from tests.report.test_formgrader import page as formgraders

ROOT = Path(__file__).parents[2]
CPU_S = 100  # of both pages of a notebook; each took hours before there was a limit
# In characters: 30 MB of pictures are within the limits, and so is text that is formatted up to the whole budget.
LARGEST = {"pictures": 31_000_000, "longest": 6_000_000}
PICTURE = "aGk="


def feedback_page(*cells: nbformat.NotebookNode) -> str:
    return str(FeedbackExporter().from_notebook_node(new_notebook(cells=list(cells)), resources={"nbgrader": ABOUT})[0])


@pytest.mark.parametrize("kind", KINDS)
def test_a_notebook_that_would_take_hours_is_a_page_within_its_limits(kind: str) -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))

    command = [sys.executable, "-m", "tests.report.heavy", kind]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, preexec_fn=limit)
    assert done.returncode == 0, done.stdout + done.stderr
    assert max(map(int, done.stdout.split())) < LARGEST.get(kind, 300_000)


def test_what_is_too_long_is_shown_as_text_with_a_line_that_says_so() -> None:
    shown = feedback_page(new_markdown_cell("# Title\n" + "*a* `b` ``` " * 2000 + "THE END"))
    assert "Shown as plain text, since it is 24,015 characters long" in shown
    assert "characters are only in the notebook" in shown
    assert "THE END" in shown
    assert "<h1>" not in shown


def test_what_is_of_a_usual_length_is_left_as_it_is() -> None:
    cells = [
        new_markdown_cell("word " * 2000, attachments={"a.png": {"image/png": PICTURE}}),
        new_code_cell("x = 1\n" * 500, outputs=[new_output("stream", text="x\n" * 3000)]),
        new_code_cell(
            "", outputs=[new_output("display_data", data={"text/html": "<table>" + "<tr><td>1</td></tr>" * 900})]
        ),
    ]
    notebook = new_notebook(cells=cells)
    before = copy.deepcopy(notebook)
    bound(notebook)
    assert notebook == before


def test_bounding_twice_is_bounding_once() -> None:
    cells = [
        new_markdown_cell("`a` " * 9000),
        new_code_cell("x." * 9000, outputs=[new_output("stream", text="y" * 90_000)]),
    ]
    notebook = new_notebook(cells=cells)
    bound(notebook)
    once = copy.deepcopy(notebook)
    bound(notebook)
    assert notebook == once


def test_cells_of_the_lesson_are_kept_whatever_stands_around_them() -> None:
    own = new_code_cell("mine", metadata={"nbgrader": {"grade_id": "a"}})
    notebook = new_notebook(cells=[*[new_markdown_cell("a") for _ in range(bounding.CELLS + 500)], own])
    bound(notebook)
    assert own in notebook.cells
    assert "500 more cells are only in the notebook" in notebook.cells[-1].source


@pytest.mark.parametrize("where", ["feedback", "formgrader"])
def test_a_picture_whose_attachment_is_missing_is_its_words(where: str) -> None:
    lost = new_markdown_cell("![my loss curve](attachment:gone.png) and ![](attachment:b.png) and text")
    odd = new_markdown_cell("![odd](attachment:a.png)", attachments={"a.png": {}})
    shown = feedback_page(lost, odd) if where == "feedback" else str(formgraders(lost, odd))
    for words in ("my loss curve", "b.png", "odd", "and text"):
        assert words in shown
    assert "<img" not in shown


@pytest.mark.parametrize("where", ["feedback", "formgrader"])
def test_an_attachment_is_shown_once(where: str) -> None:
    attachments = {"a.png": {"image/png": PICTURE}, "b.png": {"image/png": "Ymk="}}
    cells = [
        new_markdown_cell(
            "![one](attachment:a.png) ![two](attachment:a.png) ![b](attachment:b.png)", attachments=attachments
        )
        for _ in range(3)
    ]
    shown = feedback_page(*cells) if where == "feedback" else str(formgraders(*cells))
    assert (shown.count(PICTURE), shown.count("Ymk=")) == (1, 1)
    assert "shown above: two" in shown


def test_html_that_was_handed_in_is_no_page(tiny_course: CourseFolder) -> None:
    graded(tiny_course, "mira", record())
    handed_in = tiny_course.autograded / "mira" / TINY
    for name in ("index.html", "solution.HTML", "a.svg", f"{TINY}.html", "deep/page.html"):
        (handed_in / name).parent.mkdir(exist_ok=True)
        (handed_in / name).write_text("<script>alert(1)</script>")
    (feedback,) = write_feedback(tiny_course, TINY)
    assert [page.name for page in feedback.pages] == [f"{TINY}.html"]
    assert [path.name for path in (tiny_course.feedback / "mira" / TINY).rglob("*")] == [f"{TINY}.html"]
    assert "alert" not in feedback.pages[0].read_text("utf-8")


def test_signs_that_turn_the_way_of_writing_are_spelt_in_code_alone() -> None:
    turned = "if level != 'user\u202e \u2066# nobody\u2069 \u2066':\n    grant()"
    made = new_notebook(cells=[new_code_cell(turned), new_markdown_cell("שלום \u200fא"), new_code_cell("# שלום")])
    bound(made)
    assert made.cells[0].source == turned.translate({ord(sign): f"\\u{ord(sign):04x}" for sign in "\u202e\u2066\u2069"})
    assert [cell.source for cell in made.cells[1:]] == ["שלום \u200fא", "# שלום"]
