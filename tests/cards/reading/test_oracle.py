"""Anki's own library as the judge: what it writes is read as it is, and clozes hide what it hides.

The library is not part of the product; without it these tests are skipped.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course.cards.deck import Part
from course.cards.markdown import plain
from course.cards.reading import read_deck
from course.cards.reading.clozes import NoteError
from course.cards.reading.parts import parts
from course.cloze.blanks import Blank
from tests.cards.decks import EDGES, PICTURE

pytest.importorskip("anki.collection")


@pytest.fixture(scope="module")
def anki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A collection of Anki's with every edge of our deck in it, and a picture."""
    from anki.collection import Collection

    folder = tmp_path_factory.mktemp("anki")
    collection = Collection(str(folder / "collection.anki2"))
    (folder / "loss curve.png").write_bytes(PICTURE)
    collection.media.add_file(str(folder / "loss curve.png"))
    kinds = {False: collection.models.by_name("Basic"), True: collection.models.by_name("Cloze")}
    for edge in EDGES:
        note = collection.new_note(kinds[edge.cloze])
        note.fields = [edge.html.replace("%20", " "), edge.back_html]
        note.tags = list(edge.tags)
        collection.add_note(note, collection.decks.id(edge.deck))
    yield collection
    collection.close()


def written(anki: Any) -> list[tuple[Any, ...]]:
    """Fields, tags, deck, kind and guid of every note, as Anki tells them."""
    notes = []
    for key in sorted(anki.find_notes("")):
        note = anki.get_note(key)
        deck = anki.decks.name(note.cards()[0].did)
        notes.append((tuple(note.fields), tuple(note.tags), deck, note.note_type()["name"], note.guid))
    return notes


def package(anki: Any, path: Path, legacy: bool) -> Path:
    from anki.collection import ExportAnkiPackageOptions

    options = ExportAnkiPackageOptions(with_scheduling=True, with_deck_configs=True, with_media=True, legacy=legacy)
    anki.export_anki_package(out_path=str(path), options=options, limit=None)
    return path


@pytest.mark.parametrize("legacy", [True, False], ids=["legacy", "newest"])
def test_packages_of_anki_are_read_as_it_wrote_them(anki: Any, tmp_path: Path, legacy: bool) -> None:
    deck = read_deck(package(anki, tmp_path / "deck.apkg", legacy))
    assert deck.skipped == ()
    assert [(n.fields, n.tags, n.deck, n.notetype, n.guid) for n in deck.notes] == written(anki)
    assert [(n.front, n.back) for n in deck.notes] == [(edge.front, edge.back) for edge in EDGES]
    assert deck.media == {"loss curve.png": PICTURE}


def test_text_exports_of_notes_are_read_as_anki_wrote_them(anki: Any, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    anki.export_note_csv(
        out_path=str(path),
        limit=None,
        with_html=True,
        with_tags=True,
        with_deck=True,
        with_notetype=True,
        with_guid=True,
    )
    deck = read_deck(path)
    assert deck.skipped == ()
    by_guid = {note[-1]: note for note in written(anki)}
    assert len(deck.notes) == len(by_guid)
    for note in deck.notes:
        fields, *others = by_guid[note.guid]
        without_styles = tuple(re.sub("<style>.*</style>", "", field) for field in fields)  # the export drops them
        assert [note.fields, note.tags, note.deck, note.notetype, note.guid] == [without_styles, *others]


def test_text_exports_of_cards_hide_what_the_cards_hide(anki: Any, tmp_path: Path) -> None:
    path = tmp_path / "cards.txt"
    anki.export_card_csv(out_path=str(path), limit=None, with_html=True)
    deck = read_deck(path)
    assert deck.skipped == ()
    assert len(deck.notes) == anki.card_count()
    found = {tuple(shown(note.front)) for note in deck.notes}
    for edge in EDGES:
        for number in {number for part in edge.front for blank in part.blanks for number in blank.groups}:
            if edge.name != "a cloze in maths":  # in maths a card does not say what it hides
                assert tuple(shown(edge.front, number)) in found, edge.name


def shown(front: tuple[Part, ...], number: int | None = None) -> list[str]:
    """The text of a card's front with what is hidden, by one number, in brackets; spaces and emphasis left out."""
    out = []
    for part in front:
        text = "".join(
            f"⟦{piece.answer}⟧" if isinstance(piece, Blank) and number in (None, *piece.groups) else answer(piece)
            for piece in part.pieces
        )
        out.append(re.sub(r"[\s*]|⟧\s*⟦", "", text))
    return out


def answer(piece: str | Blank) -> str:
    return piece.answer if isinstance(piece, Blank) else piece


WORDS = st.text("ab:{}c1 ,x", min_size=1, max_size=6)
CLOZES = st.recursive(
    WORDS,
    lambda inner: st.builds(
        lambda numbers, parts, hint: "{{c" + ",".join(map(str, numbers)) + "::" + "".join(parts) + hint + "}}",
        st.lists(st.integers(1, 4), min_size=1, max_size=2, unique=True),
        st.lists(inner, min_size=1, max_size=3),
        st.sampled_from(["", "::hint"]),
    ),
    max_leaves=6,
)


@given(st.lists(CLOZES, min_size=1, max_size=4).map("".join))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_number_hides_what_anki_hides(anki: Any, source: str) -> None:
    try:
        found = parts(source)
    except NoteError:
        return  # not closed, or nothing hidden: not a note of ours
    blanks = [blank for part in found for blank in part.blanks]
    numbers = {number for blank in blanks for number in blank.groups}
    assert numbers == set(anki._backend.cloze_numbers_in_note(note_of(anki, source))) - {0}
    for number in numbers:
        ours = "".join(plain(blank.answer) for blank in blanks if number in blank.groups)
        assert unspaced(ours) == unspaced(hidden_by_anki(anki, source, number))


def note_of(anki: Any, source: str) -> Any:
    note = anki.new_note(anki.models.by_name("Cloze"))
    note.fields = [source, ""]
    return note._to_backend_note()


def hidden_by_anki(anki: Any, source: str, number: int) -> str:
    """What a card of this number hides: what its answer side marks."""
    card = anki.new_note(anki.models.by_name("Cloze"))
    card.fields = [source, ""]
    reader = _Marked()
    reader.feed(card.ephemeral_card(ord=number - 1).answer())
    reader.close()
    return reader.text


class _Marked(HTMLParser):
    """Collects the text inside the spans of class cloze."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self._spans: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "span":
            self._spans.append(dict(attrs).get("class") == "cloze")

    def handle_endtag(self, tag: str) -> None:
        if tag == "span":
            self._spans.pop()

    def handle_data(self, data: str) -> None:
        if any(self._spans):
            self.text += data


def unspaced(text: str) -> str:
    return "".join(text.split())
