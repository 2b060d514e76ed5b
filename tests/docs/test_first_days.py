"""Each first day is played from its first command to its last, and every command that there is stands in one of them."""

import sys
from pathlib import Path

import pytest

from course.demo import run as demo
from tests.docs import pages

DOCS = pages.ROOT / "docs"
sys.path.insert(0, str(DOCS))

import commandpage  # noqa: E402


@pytest.mark.parametrize("page", commandpage.GUIDES)
def test_the_commands_of_a_first_day_print_what_its_page_shows(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(demo, "CELL_TIMEOUT_S", 6)  # for the loop that never ends
    played = 0
    for one in pages.play((DOCS / page).read_text("utf-8"), tmp_path.resolve()):
        assert pages.is_as_shown(one.shown, one.printed), (
            f"`{one.what}` prints something else than {page} shows:\n\n{one.printed}\n"
            f"`python -m tests.docs.pages docs/{page}` writes what is printed into the page"
        )
        played += 1
    assert played > 3


def test_every_command_is_documented_with_an_example_of_its_output() -> None:
    assert [name for name, _ in commandpage.commands() if not commandpage.example(name)] == []


def test_another_output_than_the_one_that_is_shown_is_noticed() -> None:
    assert pages.is_as_shown("a\n…\nc\n", "a\nb\nb\nc  \n")
    assert pages.is_as_shown("a\njail: namespaces\n", "\na\njail: plain\n\n")
    assert not pages.is_as_shown("a\n…\nc\n", "a\nb\nd\n")
    assert not pages.is_as_shown("a\n", "a\nb\n")
    assert not pages.is_as_shown("12 points\n", "13 points\n")


def test_a_page_takes_over_what_its_commands_print_now(tmp_path: Path) -> None:
    page = "# A page\n\n```console\n$ course new 13_graphs\nold\n$ course new 13_graphs\n```\n"
    renewed = pages.renewed(page, tmp_path.resolve())
    wrote = "wrote /home/you/clozegrad/lessons/13_graphs/lesson.py; next: course build 13_graphs"
    taken = "error: /home/you/clozegrad/lessons/13_graphs already exists: choose another name"
    assert renewed == f"# A page\n\n```console\n$ course new 13_graphs\n{wrote}\n$ course new 13_graphs\n{taken}\n```\n"
