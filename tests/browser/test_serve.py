"""`course serve`, as started in a terminal: the home page, formgrader behind it, a report, and an end by Ctrl-C."""

import http.client
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import nbformat
import pytest
from playwright.sync_api import Browser, Page, expect

from course.folder import CourseFolder
from course.grading.run import grade
from tests.browser.conftest import WAIT_MS
from tests.conftest import TINY, hand_in
from tests.marking.classroom import scheme

pytestmark = pytest.mark.browser


@dataclass
class Desk:
    """The page, and the command that serves it."""

    page: Page
    command: "subprocess.Popen[str]"


@pytest.fixture
def desk(browser: Browser, tiny_course: CourseFolder) -> Iterator[Desk]:
    scheme(tiny_course)
    release = nbformat.read(tiny_course.release / TINY / f"{TINY}.ipynb", as_version=4)
    hand_in(tiny_course, "ann", release, twice="def twice(number):\n    return 2 * number", why="Because.")
    grade(tiny_course, TINY)
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "JUPYTER_CONFIG_DIR": str(tiny_course.root / "none")}
    command = [sys.executable, "-m", "course", "serve", "--no-browser"]
    with subprocess.Popen(command, cwd=tiny_course.root, stdout=subprocess.PIPE, text=True, env=environment) as server:
        assert server.stdout is not None
        context = browser.new_context(viewport={"width": 1200, "height": 700})
        context.set_default_timeout(WAIT_MS)
        page = context.new_page()
        page.goto(server.stdout.readline().strip())
        yield Desk(page, server)
        context.close()
        if server.poll() is None:
            server.send_signal(signal.SIGINT)


def test_an_instructor_opens_formgrader_a_report_and_the_marking_page(desk: Desk) -> None:
    page = desk.page
    expect(page.get_by_role("rowheader", name=TINY)).to_be_visible()
    assert "token" not in page.url
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Open formgrader").click()
    formgrader = opened.value
    expect(formgrader.locator("td.name")).to_have_text(TINY)
    lab = urlsplit(formgrader.url)
    assert lab.port != urlsplit(page.url).port

    page.get_by_role("button", name=f"Write the report page of {TINY}").click()
    expect(page.locator("h1")).to_have_text(TINY)
    page.go_back()
    page.reload()
    page.get_by_role("link", name=f"Mark the written answers of {TINY}").click()
    expect(page.locator(".item")).to_have_count(2)
    page.keyboard.press("1")
    expect(page.locator("#state")).to_have_text("✓ marked")

    desk.command.send_signal(signal.SIGINT)
    assert desk.command.wait(60) == 0
    with pytest.raises(OSError):
        http.client.HTTPConnection(str(lab.hostname), lab.port, timeout=5).request("GET", "/")
