"""axe finds nothing to mend on any page that a student or an instructor reads, by day and by night, wide and narrow."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell
from playwright.sync_api import Browser, Page, expect

from course.folder import CourseFolder
from course.grading.run import grade
from course.report.classpage.writing import write_report
from course.report.feedback import write_feedback
from course.review.writing import write_reviews
from course.serving.home import home
from course.serving.lab import Lab
from course.similarity.run import similar
from tests.browser.axe import violations
from tests.browser.conftest import LESSON, Classroom
from tests.browser.lab import Visit
from tests.conftest import TINY, hand_in
from tests.marking.classroom import scheme
from tests.review.conftest import with_cards
from tests.serving.client import TOKEN, served

pytestmark = pytest.mark.browser

NOW = datetime.fromisoformat("2026-01-31T12:00:00+00:00")
ANSWERS = {
    "ann": "def twice(number):\n    return 2 * number",
    "ben": "def twice(number):\n    return number ** 2",
    "cyd": "@property\ndef twice(number, much=2.5e0):\n    'says'\n    import math as m\n    return number ** 2 if not None else f'{m}\\n'  # so",
    "dee": "def twice(number):\n    return number / 0",
    "eli": "def twice(number:\n",
}
SHOWING = {
    "progress": "checks.progress()",
    "hand_in": "checks.hand_in()",
    "picture": "import matplotlib.pyplot as plt\nplt.plot([1, 2]);",
    "waits": "double(rows)",
    "refused": "checks.solution('none')",
}
LOOKS = (("light", 1280, 900), ("dark", 390, 844))


@pytest.fixture
def taught(tiny_course: CourseFolder) -> CourseFolder:
    """A class with right, wrong, broken and similar answers, graded, with every page written."""
    scheme(tiny_course)
    release = nbformat.read(tiny_course.release / TINY / f"{TINY}.ipynb", as_version=4)
    for student, answer in ANSWERS.items():
        hand_in(tiny_course, student, release, twice=answer, area="area = width", why="Because *two* is $> 0$.")
    grade(tiny_course, TINY)
    write_feedback(tiny_course, TINY, None, None)
    write_report(tiny_course, TINY, NOW)
    similar(tiny_course, TINY, 10, NOW)
    write_reviews(tiny_course, with_cards(tiny_course), None, now=NOW, keep_right=False)
    return tiny_course


@pytest.fixture
def addresses(taught: CourseFolder) -> Iterator[list[str]]:
    """Where every page is: first the one that takes the token, then files and what is served."""
    files = [*taught.reports.glob("*.html"), *taught.feedback.glob("*/*/*.html"), *_reviews(taught)]
    with served(home(taught, Lab("http://127.0.0.1:1/", "token"), TOKEN)) as port:
        own = f"http://127.0.0.1:{port}"
        yield [f"{own}/?token={TOKEN}", f"{own}/mark/{TINY}/", f"{own}/none", *(path.as_uri() for path in files)]


def _reviews(folder: CourseFolder) -> list[Path]:
    return [path for path in folder.root.glob("**/*.html") if "review" in path.as_posix()]


def test_axe_finds_nothing(addresses: list[str], browser: Browser) -> None:
    assert len(addresses) >= 3 + 2 + 2 * len(ANSWERS), addresses
    found = []
    for night, width, height in LOOKS:
        context = browser.new_context(color_scheme=night, viewport={"width": width, "height": height})
        page = context.new_page()
        found += [f"{night} {width} {address}: {said}" for address in addresses for said in _violations(page, address)]
        context.close()
    assert not found, "\n".join(found)


def _violations(page: Page, address: str) -> list[str]:
    page.goto(address, wait_until="networkidle" if address.startswith("http") else "load")
    return violations(page, without=["heading-order"])  # of a student's notebook, the student decides


MINE = (".jp-RenderedMarkdown", ".jp-OutputArea-output")  # what stands in a notebook; the rest is JupyterLab's


def test_axe_finds_nothing_in_what_a_notebook_shows(classroom: Classroom, visit: Visit) -> None:
    desk = classroom.desk(classroom.folder.release / LESSON, "axe")
    lesson = nbformat.read(desk, 4)
    goes_on = {"tags": ["raises-exception"]}
    lesson.cells += [new_code_cell(source, id=name, metadata=goes_on) for name, source in SHOWING.items()]
    nbformat.write(lesson, desk)
    visit.page.set_viewport_size({"width": 1400, "height": 3000})  # what is not in sight, axe does not judge
    notebook = visit.open(classroom.folder.root, desk)
    notebook.menu("Run", "Run All Cells")
    expect(notebook.output("double_tests")).to_contain_text("not filled in yet")
    expect(notebook.output("progress")).to_contain_text("Next to try")
    expect(notebook.output("hand_in")).to_contain_text("blank or unfinished: the mean of each row, double")
    expect(notebook.output("waits")).to_contain_text("brings this cell to life")
    expect(notebook.output("refused")).to_contain_text("there is no worked solution of 'none' here")
    expect(notebook.output("refused")).not_to_contain_text("Traceback")
    expect(notebook.pictures).to_have_count(1)
    # JupyterLab writes the <img> of a picture without words, and takes none from whoever draws it.
    by_jupyterlab = [".jp-RenderedImage img"]
    assert violations(visit.page, *MINE, leaving_out=by_jupyterlab) == []
    notebook.menu("Settings")
    for name in ("Theme", "JupyterLab Dark"):  # not by their roles, which a submenu and a choice do not have
        visit.page.locator(".lm-Menu-itemLabel").get_by_text(name, exact=True).click()
    expect(visit.page.locator('body[data-jp-theme-light="false"]')).to_be_attached()
    assert violations(visit.page, *MINE, leaving_out=by_jupyterlab) == []
