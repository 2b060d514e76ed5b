"""An instructor marks written answers by keyboard alone; nothing of a student's runs, and nothing is fetched from elsewhere."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page, expect

from course.folder import CourseFolder
from tests.browser.conftest import WAIT_MS
from tests.conftest import TINY
from tests.marking.classroom import ANSWERS, answered, in_gradebook, scheme

pytestmark = pytest.mark.browser


@dataclass
class Marking:
    """The page, the command that serves it, and what the page asked for and complained of."""

    page: Page
    server: subprocess.Popen[str]
    address: str
    asked: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def end(self) -> None:
        """The instructor presses Ctrl-C where the command runs."""
        self.server.send_signal(signal.SIGINT)
        self.server.wait(WAIT_MS / 1000)


@pytest.fixture
def marking(browser: Browser, tiny_course: CourseFolder) -> Iterator[Marking]:
    scheme(tiny_course)
    for student, text in ANSWERS.items():
        answered(tiny_course, student, text)
    command = [sys.executable, "-m", "course", "mark", TINY, "--no-browser"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=tiny_course.root, stdout=subprocess.PIPE, text=True, env=environment) as server:
        assert server.stdout is not None
        context = browser.new_context(color_scheme="dark", viewport={"width": 1200, "height": 900})
        context.set_default_timeout(WAIT_MS)
        page = context.new_page()
        marking = Marking(page, server, server.stdout.readline().strip())
        page.on("request", lambda request: marking.asked.append(request.url))
        page.on("pageerror", lambda error: marking.errors.append(str(error)))
        page.on("console", lambda said: marking.errors.append(said.text) if said.type == "error" else None)
        page.on("dialog", lambda dialog: (marking.errors.append(dialog.message), dialog.dismiss()))
        page.goto(marking.address)
        expect(page.locator(".item")).to_have_count(2)
        yield marking
        context.close()
        marking.end()


def test_a_class_is_marked_by_keyboard(marking: Marking, tiny_course: CourseFolder) -> None:
    page = marking.page
    expect(page.locator("#place")).to_have_text("Answer 1 of 4")
    expect(page.locator("#alike")).to_contain_text("1 of 3 answers that are alike")
    marking.press("1", "2")
    expect(page.locator("#score")).to_have_text("1.5")
    expect(page.get_by_role("button", name="two is positive")).to_have_attribute("aria-pressed", "true")
    marking.press("2", "c")
    page.keyboard.type("n p 1 2: said well")
    marking.press("Escape")
    expect(page.locator("#score")).to_have_text("1")
    expect(page.locator("#state")).to_have_text("✓ marked")
    marking.press("n", "s")
    page.keyboard.type("0.25")
    marking.press("Enter")
    expect(page.locator("#score")).to_have_text("0.25")
    marking.press("n", "Enter")
    expect(page.locator("#place")).to_have_text("Answer 4 of 4")
    expect(page.locator("#questions")).to_contain_text("3/4")
    marking.press("p", "Backspace")
    expect(page.locator("#state")).to_have_text("not marked")
    page.reload()
    expect(page.locator("#questions")).to_contain_text("2/4")
    expect(page.locator("#place")).to_have_text("Answer 3 of 4")
    kept = [in_gradebook(tiny_course, student) for student in ANSWERS]
    assert sorted(score for score, _, _ in kept if score is not None) == [0.25, 1.0]
    assert any(str(comment).endswith("\n\nn p 1 2: said well") for _, _, comment in kept)
    assert marking.errors == []


def test_nothing_of_a_student_runs_and_nothing_is_fetched_from_elsewhere(marking: Marking) -> None:
    marking.press("n", "n", "n")
    expect(marking.page.locator("#answer math")).to_have_count(1)
    assert marking.page.locator("#answer script, #answer img[src], #answer [onerror]").count() == 0
    home = marking.address.partition("?")[0]
    assert all(url.startswith((home, "data:")) for url in marking.asked), marking.asked
    assert marking.errors == []


def test_a_server_that_was_ended_is_said_on_the_page(marking: Marking) -> None:
    marking.end()
    marking.press("1")
    expect(marking.page.get_by_role("alert")).to_contain_text("Is the command that printed the address still running?")
