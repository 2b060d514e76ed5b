"""`course cards import` on the screen."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from course.cards.importing.command import run
from course.errors import CourseError
from tests.cards.decks import EDGES, write_notes

NONE = ((), (), ())


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    return write_notes(tmp_path / "deck.txt", EDGES)


def shown(deck: Path, out: Path, **options: object) -> str:
    screen = io.StringIO()
    run(deck, out, NONE, console=Console(file=screen, width=120), **options)  # type: ignore[arg-type]
    return screen.getvalue()


def test_a_dry_run_shows_what_would_come_of_it_and_writes_nothing(deck: Path, tmp_path: Path) -> None:
    said = shown(deck, tmp_path / "20_cards", dry_run=True)
    assert "nothing was written" in said
    assert "2: it asks nothing" in said
    assert "exercise" in said
    assert [path.name for path in tmp_path.iterdir()] == ["deck.txt"]


def test_a_run_says_what_it_wrote(deck: Path, tmp_path: Path) -> None:
    assert f"wrote {tmp_path / '20_cards'}" in shown(deck, tmp_path / "20_cards")
    assert (tmp_path / "20_cards" / "lesson.py").is_file()


@pytest.mark.parametrize(("option", "said"), [({"questions": "oral"}, "recall, manual"), ({"by": "size"}, "deck, tag")])
def test_a_word_that_an_option_does_not_know_is_refused(
    deck: Path, tmp_path: Path, option: dict[str, str], said: str
) -> None:
    with pytest.raises(CourseError, match=said):
        shown(deck, tmp_path / "20_cards", **option)


def test_a_file_that_is_no_deck_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="cannot be read"):
        shown(tmp_path / "none.apkg", tmp_path / "20_cards")
