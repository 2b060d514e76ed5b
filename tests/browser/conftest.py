"""A scratch course with one small lesson, JupyterLab serving it, and a page that notes what goes wrong in it."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from course.authoring.pipeline import build
from course.folder import CourseFolder
from tests.browser.install import find_browser
from tests.browser.lab import Visit
from tests.browser.server import JupyterLab

REPOSITORY = Path(__file__).parents[2]
LESSON = "01_warmup"
WAIT_MS = 120_000  # a machine that others share takes its time
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Classroom:
    """The scratch course and the address of the JupyterLab that serves it."""

    folder: CourseFolder
    address: str
    server: JupyterLab

    def desk(self, release: Path, whose: str = "") -> Path:
        """A fresh copy of a release folder for a student to work in; the notebook's path."""
        desk = self.folder.root / "desk" / whose / release.name
        shutil.copytree(release, desk)
        return desk / f"{release.name}.ipynb"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_browser()
    if not path:
        pytest.skip("no Chromium or Chrome here; `make browser` installs one where it is root and has apt-get")
    expect.set_options(timeout=WAIT_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def classroom(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Classroom]:
    home = tmp_path_factory.mktemp("browser")
    root = home / "course"
    shutil.copytree(Path(__file__).parent / "lessons", root / "lessons")
    shutil.copy(REPOSITORY / "nbgrader_config.py", root)
    server = JupyterLab(root, home)
    try:
        build(CourseFolder(root), [LESSON])  # while the server starts
        yield Classroom(CourseFolder(root), server.address(), server)
    finally:
        server.stop()


@pytest.fixture
def visit(browser: Browser, classroom: Classroom, request: pytest.FixtureRequest) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    context.set_default_timeout(WAIT_MS)
    visit = Visit(context.new_page(), classroom.address)
    request.node.stash[_VISIT] = visit, classroom.server
    yield visit
    context.close()


_VISIT = pytest.StashKey[tuple[Visit, JupyterLab]]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """A failed test shows the end of the server's log, and where the picture of its page lies."""
    report = yield
    if report.failed and call.when == "call" and _VISIT in item.stash:
        visit, server = item.stash[_VISIT]
        report.sections.append((f"jupyter lab, {server.log}", server.tail()))
        report.sections.append(("what the page said", visit.said()))
        picture = server.log.with_name(f"{item.name}.png")
        report.sections.append(("the page", _photograph(visit.page, picture)))
    return report


def _photograph(page: Page, picture: Path) -> str:
    try:
        page.screenshot(path=picture, timeout=10_000)
    except Exception as error:
        return f"no picture: {error}"
    return str(picture)
