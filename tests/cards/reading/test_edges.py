"""Every edge that our own deck shows is read, whatever kind of file it stands in."""

from collections.abc import Callable
from pathlib import Path

import pytest

from course.cards.deck import Deck
from course.cards.reading import read_deck
from tests.cards.decks import (
    BIG_BLANKS,
    BIG_CODE_NOTES,
    BIG_NOTES,
    EDGES,
    LAYOUTS,
    MEDIA,
    Edge,
    big_deck,
    guid,
    write_cards,
    write_notes,
    write_package,
)

FILES: dict[str, Callable[[Path], Path]] = {
    "notes by tabs": lambda folder: write_notes(folder / "deck.txt"),
    "notes by commas": lambda folder: write_notes(folder / "deck.csv", separator=","),
    "notes by semicolons": lambda folder: write_notes(folder / "deck.csv", separator=";"),
    "notes from Windows": lambda folder: write_notes(folder / "deck.txt", newline="\r\n", bom=True),
    "cards": lambda folder: write_cards(folder / "deck.txt"),
    **{layout: lambda folder, layout=layout: write_package(folder / "deck.apkg", layout) for layout in LAYOUTS},
}


@pytest.fixture(scope="module", params=FILES)
def deck(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Deck:
    return read_deck(FILES[request.param](tmp_path_factory.mktemp("deck")))


@pytest.mark.parametrize("number", range(len(EDGES)), ids=[edge.name for edge in EDGES])
def test_every_edge_is_read_from_every_kind_of_file(deck: Deck, number: int) -> None:
    note, edge = deck.notes[number], EDGES[number]
    assert note.number == number + 1
    assert note.front == edge.front
    assert note.back == edge.back


def test_no_note_of_it_is_skipped(deck: Deck) -> None:
    assert deck.skipped == ()
    assert deck.name == "deck"


@pytest.mark.parametrize("kind", [kind for kind in FILES if kind != "cards"])
def test_guids_kinds_decks_and_tags_come_with_the_notes(kind: str, tmp_path: Path) -> None:
    for number, (note, edge) in enumerate(zip(read_deck(FILES[kind](tmp_path)).notes, EDGES, strict=True), start=1):
        assert (note.guid, note.notetype, note.deck, note.tags) == (guid(number), edge.notetype, edge.deck, edge.tags)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_pictures_and_sounds_come_out_of_every_layout(layout: str, tmp_path: Path) -> None:
    assert read_deck(write_package(tmp_path / "deck.apkg", layout)).media == MEDIA


def test_only_media_that_a_note_mentions_are_read(tmp_path: Path) -> None:
    edges = [edge for edge in EDGES if edge.name == "a picture"]
    assert list(read_deck(write_package(tmp_path / "deck.apkg", edges=edges)).media) == ["loss curve.png"]


@pytest.mark.parametrize("name", ["big.txt", "big.apkg"])
def test_every_blank_of_a_big_deck_is_read(name: str, tmp_path: Path) -> None:
    deck = read_deck(big_deck(tmp_path / name))
    with_code = [note for note in deck.notes if note.code_blanks]
    assert (len(deck.notes), len(with_code), deck.skipped) == (BIG_NOTES, BIG_CODE_NOTES, ())
    assert sum(len(note.code_blanks) for note in with_code) == BIG_BLANKS


def test_a_cloze_is_text_where_the_kind_of_note_is_none(tmp_path: Path) -> None:
    edge = Edge("no cloze", "A {{c1::literal}}", ())
    (note,) = read_deck(write_package(tmp_path / "deck.apkg", edges=[edge])).notes
    assert note.prose_blanks == ()
    assert note.front[0].text == "A {{c1::literal}}"
