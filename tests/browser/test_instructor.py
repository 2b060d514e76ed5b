"""An instructor in formgrader: the assignment is listed, a submission is graded, read, and given feedback."""

import re

import nbformat
import pytest
from playwright.sync_api import FrameLocator, expect

from course.authoring.notebook import fill
from tests.browser.axe import violations
from tests.browser.conftest import LESSON, Classroom
from tests.browser.lab import Visit

pytestmark = pytest.mark.browser

PASSES_ITS_PUBLIC_CHECK_ONLY = "def double(x):\n    return x + 3"


@pytest.fixture
def submission(classroom: Classroom) -> None:
    name = f"{LESSON}.ipynb"
    release = nbformat.read(classroom.folder.release / LESSON / name, as_version=4)
    answers = {"means": "means = rows.mean(dim=1)", "double": PASSES_ITS_PUBLIC_CHECK_ONLY}
    target = classroom.folder.submitted / "alice" / LESSON
    target.mkdir(parents=True)
    nbformat.write(fill(release, answers), target / name)


@pytest.mark.usefixtures("submission")
def test_an_instructor_generates_grades_and_reads_a_submission(classroom: Classroom, visit: Visit) -> None:
    released = classroom.folder.release / LESSON / f"{LESSON}.ipynb"
    built = released.read_bytes()
    visit.go("lab?reset")
    for name in ("Nbgrader", "Formgrader"):
        visit.page.get_by_role("menuitem", name=name, exact=True).click()
    formgrader = visit.page.frame_locator("iframe")
    expect(formgrader.locator("td.name")).to_have_text(LESSON)

    assert "Successfully created the student version" in press(formgrader, "td.assign a")
    assert released.read_bytes() == built

    formgrader.locator("td.num-submissions a").click()
    assert "Successfully autograded" in press(formgrader, "td.autograde a")
    expect(formgrader.locator("td.score")).to_have_text("3 / 5")
    expect(formgrader.locator("td.status")).to_have_text("graded")

    assert "Successfully generated feedback" in press(formgrader, "td.generate-feedback a")
    feedback = (classroom.folder.feedback / "alice" / LESSON / f"{LESSON}.html").read_text("utf-8")
    assert "any matrix" in feedback
    assert "for the instructor only" not in feedback

    formgrader.locator("td.student-name a").click()
    formgrader.locator("td.name a").click()
    expect(formgrader.locator("h1").first).to_contain_text("Warm-up")
    expect(formgrader.locator("body")).to_contain_text("✗ any matrix (0/2)")
    expect(formgrader.locator("body")).to_contain_text("for the instructor only")
    assert scores(formgrader) == ["2", "1"]
    # nbgrader's page takes MathJax from a CDN; without it formulas stay TeX, and all else works.
    assert visit.errors == ["MathJax is not defined"]
    assert all("mathjax" in url.lower() for url in visit.outside), visit.outside

    (address,) = [frame.url for frame in visit.page.frames if "/submissions/" in frame.url]
    visit.page.goto(address)  # by itself, since axe does not look into frames
    assert violations(visit.page, ".text_cell_render", ".output_wrapper") == []


def press(formgrader: FrameLocator, button: str) -> str:
    """Press a button of formgrader's table; what its dialog says, which is then closed."""
    formgrader.locator(button).click()
    dialog = formgrader.locator(".modal.in")
    dialog.locator(".btn-primary").wait_for()
    said = dialog.inner_text()
    dialog.locator(".btn-primary").click()
    expect(formgrader.locator(".modal-backdrop")).to_have_count(0)
    return said


def scores(formgrader: FrameLocator) -> list[str | None]:
    """The automatic scores that the submission's page shows beside its test cells."""
    boxes = formgrader.locator("input.score")
    expect(boxes.first).to_have_attribute("placeholder", re.compile(r"\d"))
    return [box.get_attribute("placeholder") for box in boxes.all()]
