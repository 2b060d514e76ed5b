"""axe finds nothing to mend on any page that a student or an instructor reads, by day and by night, wide and narrow."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from course.folder import CourseFolder
from course.grading.run import grade
from course.report.classpage.writing import write_report
from course.report.feedback import write_feedback
from course.review.writing import write_reviews
from course.serving.home import home
from course.serving.lab import Lab
from course.similarity.run import similar
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
ORDER = {"rules": {"heading-order": {"enabled": False}}}  # of a student's notebook, the student decides
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
    return [
        f"{one['id']}: {node['target']} {node['html'][:120]} {node['failureSummary'][:300]}"
        for one in Axe().run(page, options=ORDER).response["violations"]
        for node in one["nodes"]
    ]
