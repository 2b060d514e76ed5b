"""The feedback page's parts: formulas, cleaned HTML, the overview."""

import warnings

import nh3
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from course.report.cleaning import ATTRIBUTES, TAGS, clean
from course.report.formulas import mathml
from course.report.page import FeedbackExporter, entries, heading

NO_WORDS = 'alt="No description has been provided for this image"'


def test_a_formula_becomes_mathml() -> None:
    assert mathml(r"\frac{1}{2}") == (
        '<math xmlns="http://www.w3.org/1998/Math/MathML" display="inline"><mrow><mfrac><mrow><mn>1</mn></mrow>'
        "<mrow><mn>2</mn></mrow></mfrac></mrow></math>"
    )


def test_a_formula_that_cannot_be_read_is_shown_as_it_was_written() -> None:
    assert mathml(r"\frac{<}{") == r"<code>\frac{&lt;}{</code>"


@pytest.mark.parametrize("tex", [r"\text{<script>alert(1)</script>}", r"\href{javascript:alert(1)}{x}", "<img src=x>"])
def test_a_formula_brings_no_html_of_its_own(tex: str) -> None:
    shown = mathml(tex).lower()
    assert "<script" not in shown
    assert "javascript" not in shown
    assert "<img" not in shown


@given(st.text(max_size=40))
def test_no_formula_breaks_the_page(tex: str) -> None:
    assert mathml(tex).startswith(("<math", "<code"))


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<b>bold</b>", "<b>bold</b>"),
        ("a<script>alert(1)</script>b", "ab"),
        ("<style>* {display: none}</style>x", "x"),
        ('<img src="https://example.org/spy.png" alt="spy">', '<img alt="spy">'),
        ('<img src="data:image/png;base64,AA==" onerror="x()">', f'<img src="data:image/png;base64,AA==" {NO_WORDS}>'),
        ('<img alt="" title="x">', '<img alt="" title="x">'),
        ('<img title="> alt=">', f'<img title="&gt; alt=" {NO_WORDS}>'),
        ('<b title="<img>">x</b>', '<b title="&lt;img&gt;">x</b>'),
        ('<a href="javascript:x()">x</a>', "<a>x</a>"),
        ('<a href="data:text/html,x">x</a>', "<a>x</a>"),
        ('<a href="https://example.org">x</a>', '<a href="https://example.org">x</a>'),
        ('<p onclick="x()" style="position: fixed">x</p>', "<p>x</p>"),
    ],
)
def test_html_is_cleaned_of_what_runs_fetches_or_covers(html: str, kept: str) -> None:
    assert clean(html) == kept


@given(st.lists(st.sampled_from(["<img", "<b", ' alt="', ' title="', '"', ">", "<", " ", "x", "&quot;", "'", "</b>"])))
def test_only_pictures_without_words_are_given_some_and_nothing_else_changes(parts: list[str]) -> None:
    before = nh3.clean("".join(parts), tags=TAGS, attributes={"*": ATTRIBUTES, "img": {"src"}})
    shown = BeautifulSoup(clean("".join(parts)), "html.parser")
    assert shown.select("img:not([alt])") == []
    for picture in shown.find_all("img", alt="No description has been provided for this image"):
        del picture["alt"]
    assert shown == BeautifulSoup(before, "html.parser")


def test_the_overview_names_exercises_by_their_headings_and_questions_by_their_text() -> None:
    test = {"grade_id": "norm_tests", "grade": True, "solution": False, "points": 3, "score": 1.5}
    answer = {"grade_id": "why", "grade": True, "solution": True, "points": 2, "score": 0, "waiting": True}
    notebook = new_notebook(
        cells=[
            new_markdown_cell("# Norms\nAn introduction."),
            new_markdown_cell("### Exercise: the p-norm\nText."),
            new_code_cell("", metadata={"nbgrader": test}),
            new_markdown_cell("**Why?** The sky is *blue*.\n\nMore."),
            new_markdown_cell("because", metadata={"nbgrader": answer}),
        ]
    )
    assert heading(notebook) == "Norms"
    assert [(entry.title, entry.state) for entry in entries(notebook)] == [
        ("The p-norm", "part"),
        ("Why?", "open"),
    ]


def test_the_page_needs_no_network_and_runs_no_script() -> None:
    data = {"text/html": "<script src='https://example.org/x.js'></script>", "image/png": "iVBORw0KGgo="}
    cells = [
        new_markdown_cell("# T <script>alert(1)</script>\n![x](https://example.org/x.png) $x < y$\n\n$$x^2$$"),
        new_code_cell("1", outputs=[new_output("display_data", data=data)]),
        new_code_cell("'<script>'", outputs=[new_output("stream", text="<script>alert(1)</script>")]),
    ]
    about = {"student": "a", "notebook": "n", "score": 1, "max_score": 2, "late_penalty": 0}
    page, _ = FeedbackExporter().from_notebook_node(new_notebook(cells=cells), resources={"nbgrader": about})
    assert "<script" not in page
    assert 'src="http' not in page
    assert "<link" not in page
    assert "@import" not in page
    assert page.count("<math") == 2


@pytest.mark.parametrize("language", ["r", "no such language", ["python"], {"a": 1}, None])
def test_code_is_shown_whatever_language_its_cell_names(language: object) -> None:
    cell = new_code_cell("answer = 42", metadata={"magics_language": language})
    about = {"student": "a", "notebook": "n", "score": 1, "max_score": 2, "late_penalty": 0}
    with warnings.catch_warnings(action="ignore"):  # of a language without colours
        page, _ = FeedbackExporter().from_notebook_node(new_notebook(cells=[cell]), resources={"nbgrader": about})
    assert "42" in page


@pytest.mark.parametrize("data", ["AAAA", "BBBB"])
def test_a_page_shows_its_own_picture_where_another_has_the_same_words(data: str) -> None:
    about = {"student": "a", "notebook": "n", "score": 1, "max_score": 2, "late_penalty": 0}
    attached = {"x.png": {"image/png": data}}
    cells = [new_markdown_cell("![mine](attachment:x.png)", attachments=attached)]
    page, _ = FeedbackExporter().from_notebook_node(new_notebook(cells=cells), resources={"nbgrader": about})
    assert f'src="data:image/png;base64,{data}"' in page
