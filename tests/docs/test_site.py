"""The website: its examples run, it names every public function, it builds without a warning and shows nothing private."""

import importlib
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

from course.authoring import leaks
from course.authoring.lesson import read
from course.folder import CourseFolder

DOCS = Path(__file__).parents[2] / "docs"
sys.path.insert(0, str(DOCS))

import checkpages  # noqa: E402
import lessonpages  # noqa: E402

MODULES = ("checks", "data", "device")


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_the_reference_run(name: str) -> None:
    text = (DOCS / "reference" / f"{name}.md").read_text("utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert blocks
    namespace: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, f"{name}.md", "exec"), namespace)


@pytest.mark.parametrize("name", MODULES)
def test_the_reference_names_every_public_function(name: str) -> None:
    module = importlib.import_module(f"course.{name}")
    public = getattr(module, "__all__", None) or [
        each for each, value in vars(module).items() if getattr(value, "__module__", "") == module.__name__
    ]
    text = (DOCS / "reference" / f"{name}.md").read_text("utf-8")
    inner = {"MIMETYPE", "backend", "have_ready"}  # the engine's side of the seam
    assert [each for each in public if each not in inner and not each.startswith("_") and each not in text] == []


def test_the_site_builds_without_a_warning_and_its_links_lead_somewhere(tmp_path: Path) -> None:
    source = tmp_path / "docs"
    root = DOCS.parent
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "docs", "CONTRIBUTING.md", "pyproject.toml"],
        cwd=root, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    for name in listed:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((root / name).read_bytes())
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html", str(source), str(tmp_path / "site")],
        env={**os.environ, "SITE_LESSONS": "none", "PYTHONPATH": str(root)},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert list(checkpages.problems(tmp_path / "site")) == []
    page = BeautifulSoup((tmp_path / "site/commands.html").read_text("utf-8"), "html.parser").get_text()
    assert "course grade" in page
    assert "--require-jail" in page


def test_a_link_that_leads_nowhere_and_what_comes_from_elsewhere_are_named(tmp_path: Path) -> None:
    (tmp_path / "other.html").write_text("<h1 id='there'>x</h1>")
    (tmp_path / "page.html").write_text(
        "<a href='gone.html'>a</a><a href='other.html#there'>b</a><a href='other.html#lost'>c</a><a href='#up'>d</a>"
        "<script src='https://example.org/x.js'></script><img src='//example.org/x.png'><a href='https://example.org'>e</a>"
    )
    assert list(checkpages.problems(tmp_path)) == [
        "page.html: loads https://example.org/x.js",
        "page.html: loads //example.org/x.png",
        "page.html: the link gone.html leads nowhere",
        "page.html: the link other.html#lost leads to a place that the page does not have",
        "page.html: the link #up leads to a place that the page does not have",
    ]


def test_a_page_shows_demonstrations_and_neither_answers_nor_tests(tiny_course: CourseFolder, tmp_path: Path) -> None:
    (name,) = tiny_course.lesson_names()
    released = nbformat.read(tiny_course.release / name / f"{name}.ipynb", 4)
    shown = {"output_type": "stream", "name": "stdout", "text": "the answer is 42\n"}
    page = lessonpages.page(released, {cell.id: [shown] for cell in released.cells})
    kinds = {
        "answer": [cell for cell in page.cells if (cell.cell_type == "code" and "____" in cell.source) or "YOUR CODE" in cell.source],
        "test": [cell for cell in page.cells if "checks.begin" in cell.source],
    }  # fmt: skip
    assert all(kinds.values())
    assert all(not cell.get("outputs") for cells in kinds.values() for cell in cells)
    assert all(cell.metadata.tags == ["hide-input"] for cell in kinds["test"])
    assert any(cell.get("outputs") for cell in page.cells)


def test_a_solution_on_a_page_is_found(tiny_course: CourseFolder, tmp_path: Path) -> None:
    (name,) = tiny_course.lesson_names()
    lesson = read(tiny_course.lessons / name)
    secret = max((each.text for each in leaks.sides(lesson).secrets), key=len)
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/x.html").write_text(f"<pre><span>nothing</span>\n{secret.replace('<', '&lt;')}</pre>")
    (leak,) = leaks.scan_pages(tmp_path / "pages", {name: lesson})
    assert str(leak).startswith("pages/x.html: holds the ")


def test_a_short_line_of_an_answer_is_a_secret_on_its_own_lessons_page_alone(
    tiny_course: CourseFolder, tmp_path: Path
) -> None:
    (name,) = tiny_course.lesson_names()
    (tmp_path / "pages").mkdir()
    for page in (name, "05_other"):
        (tmp_path / f"pages/{page}.html").write_text("<pre>    return 2 * number</pre>")
    (leak,) = leaks.scan_pages(tmp_path / "pages", {name: read(tiny_course.lessons / name)})
    assert leak.path.stem == name
