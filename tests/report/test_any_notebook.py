"""For any notebook there is a page that runs nothing, fetches nothing, tells no hidden test and names its student."""

import warnings
from functools import cache

from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from course.checks import CellReport, CheckResult
from course.grading.verdict.model import CellVerdict, outputs_of
from course.report.feedback import HideTests
from course.report.page import FeedbackExporter

SECRET = "assert twice(8675309) == 17350618"
TEST = f"assert twice(2) == 4\n### BEGIN HIDDEN TESTS\n{SECRET}\n### END HIDDEN TESTS"
STUDENTS = st.sampled_from(["mira", "o'neil <b>", "zoë", "a&b", '"quoted"'])
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=https://e.example/x.png onerror=alert(1)>",
    "![x](https://e.example/y.png)",
    "<svg onload=alert(1)>",
    "<iframe src=//e.example></iframe>",
    "<link rel=stylesheet href=https://e.example/z.css>",
    "<style>@import 'https://e.example/'</style>",
    "[a](javascript:alert(1))",
    "![b](attachment:none.png)",
    "![c](attachment:a.png)",
    "$\\href{javascript:alert(1)}{x}$",
    "<base href=//e.example>",
    "</pre></div></main><script>",
    "<!--",
    "-->",
    "```",
    "$$",
    "`",
    "<b>",
    "&lt;",
    "\x1b[31m",
    "\ue0000\ue001",
    SECRET,
    "{{ 7 * 7 }}",
    "{% raw %}",
    "# T",
    "\n",
    " ",
    "é",
)
TEXTS = st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=5)), max_size=6).map("".join)
KINDS = st.sampled_from(
    [
        "text/plain",
        "text/html",
        "text/markdown",
        "text/latex",
        "image/svg+xml",
        "image/png",
        "image/jpeg",
        "application/javascript",
        "text/x-odd",
    ]
)
OUTPUTS = st.one_of(
    TEXTS.map(lambda text: new_output("stream", text=text)),
    TEXTS.map(lambda text: new_output("error", ename="E", evalue=text, traceback=[text])),
    st.dictionaries(KINDS, TEXTS, max_size=3).map(lambda data: new_output("display_data", data=data)),
)
MARKDOWN = st.builds(lambda text: new_markdown_cell(text, attachments={"a.png": {"image/png": "aGk="}}), TEXTS)
CODE = st.builds(lambda text, outputs: new_code_cell(text, outputs=outputs), TEXTS, st.lists(OUTPUTS, max_size=3))
ANSWER = {"grade_id": "twice", "grade": False, "solution": True, "locked": False, "schema_version": 3}
GRADE = {
    "grade_id": "twice_tests",
    "grade": True,
    "solution": False,
    "locked": True,
    "points": 2,
    "score": 1,
    "schema_version": 3,
}


def graded(answer: str, message: str, outputs: list[NotebookNode]) -> list[NotebookNode]:
    """An answer and the test cell behind it, as grading leaves them."""
    checks = (CheckResult("open", 1, 1, message=message), CheckResult("hidden", 1, 0, True, "a hint", SECRET, SECRET))
    told = outputs_of(CellVerdict("twice_tests", 2, 1.0, "partial", CellReport("twice", 2, checks)))
    return [
        new_code_cell(answer, metadata={"nbgrader": dict(ANSWER)}),
        new_code_cell(TEST, metadata={"nbgrader": dict(GRADE)}, outputs=[*outputs, *told]),
    ]


@cache
def exporter() -> FeedbackExporter:
    made = FeedbackExporter()
    made.register_preprocessor(HideTests(parent=made), enabled=True)
    return made


def page(cells: list[NotebookNode], student: str) -> str:
    """The page, through the steps of `course feedback` but for the gradebook."""
    about = {"student": student, "assignment": "a", "notebook": "n", "score": 1, "max_score": 2, "late_penalty": 0}
    with warnings.catch_warnings(action="ignore"):  # nbconvert's, of outputs without any form
        return str(exporter().from_notebook_node(new_notebook(cells=cells), resources={"nbgrader": about})[0])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(MARKDOWN, CODE), max_size=4), TEXTS, TEXTS, st.lists(OUTPUTS, max_size=2), STUDENTS)
def test_for_any_notebook_there_is_a_page_that_keeps_every_promise(
    cells: list[NotebookNode], answer: str, message: str, outputs: list[NotebookNode], student: str
) -> None:
    answer, message = answer.replace(SECRET, ""), message.replace(SECRET, "")
    before = [cell for cell in cells if SECRET not in str(cell)]
    html = page([*before, *graded(answer, message, outputs), *cells_after(cells)], student)
    shown = BeautifulSoup(html, "html.parser")
    assert not shown(["script", "iframe", "object", "embed", "svg", "form", "link", "base"])
    assert SECRET not in shown.get_text()
    assert "8675309" not in html
    assert shown.select_one(".who").get_text() == student  # type: ignore[union-attr]
    for tag in shown(True):
        assert not [name for name in tag.attrs if name.startswith("on")]
        assert str(tag.get("src", "data:image/")).startswith("data:image/")
        assert not str(tag.get("href", "")).strip().lower().startswith(("javascript:", "data:"))
    assert all("@import" not in style.get_text() and "url(" not in style.get_text() for style in shown("style"))


def cells_after(cells: list[NotebookNode]) -> list[NotebookNode]:
    """The code behind the hidden test, whose outputs may know its inputs; what is written cannot."""
    return [new_code_cell("", outputs=cell.outputs) for cell in cells if cell.cell_type == "code"]
