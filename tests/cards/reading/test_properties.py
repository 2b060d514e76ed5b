"""What is written into a deck comes out of it, whatever it is; and nothing but CourseError comes out of a damaged one."""

import contextlib
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from course.cards.deck import Code, Deck, Prose
from course.cards.markdown import escape, escape_start, plain
from course.cards.reading import Limits, read_deck
from course.cards.reading.clozes import NoteError
from course.cards.reading.parts import parts
from course.cloze.blanks import Blank
from course.errors import CourseError
from tests.cards.decks import LAYOUTS, Edge, collection, squeezed, typed, write_notes, write_package
from tests.cards.reading.html_strategy import SOUP

FILES = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
TAG = re.compile(r"<[A-Za-z/!?]")
SIGNS = "\r\0\xa0\u200b\u2060\ufeff\x1f"  # no keyboard types them into code, or fields end with them
CHARACTERS = st.one_of(
    st.sampled_from("<>&\"'_=/:{}[](),.#`$\\ \n\tab0é梯"),
    st.characters(exclude_characters=SIGNS, exclude_categories=["Cs", "Cn", "Cc"]),
)
TEXTS = st.text(CHARACTERS, min_size=1, max_size=12)
ANSWERS = TEXTS.filter(str.strip)


def code_of(pieces: list[str | Blank]) -> Code:
    """Code as it must be read: texts that touch are one, and no empty lines stand around it."""
    joined: list[str | Blank] = []
    for piece in pieces:
        if isinstance(piece, str) and joined and isinstance(joined[-1], str):
            joined[-1] += piece
        else:
            joined.append(piece)
    if isinstance(joined[0], str):
        joined[0] = re.sub(r"\A(?:[ \t]*\n)+", "", joined[0])
    if isinstance(joined[-1], str):
        joined[-1] = joined[-1].rstrip()
    return Code(tuple(piece for piece in joined if piece))


def escaped(text: str) -> str:
    return "".join(f"&#{ord(sign)};" if sign in "<>&\"':{}" else sign for sign in text)


CODES = st.lists(st.one_of(TEXTS, ANSWERS.map(Blank)), min_size=1, max_size=8).filter(
    lambda pieces: any(isinstance(piece, Blank) for piece in pieces)
)


@given(CODES, st.sampled_from("'\""), st.booleans())
@settings(deadline=None)
def test_typed_blanks_and_the_code_around_them_are_read_exactly(
    pieces: list[str | Blank], quote: str, nested: bool
) -> None:
    html = "".join(typed(p.answer, at, quote) if isinstance(p, Blank) else escaped(p) for at, p in enumerate(pieces))
    assert parts(f"<pre><code>{html}</code></pre>" if nested else f"<pre>\n{html}</pre>") == (code_of(pieces),)


@given(CODES)
@settings(deadline=None)
def test_clozes_in_code_are_read_exactly(pieces: list[str | Blank]) -> None:
    html = "".join(f"{{{{c1::{escaped(p.answer)}}}}}" if isinstance(p, Blank) else escaped(p) for p in pieces)
    assert parts(f"<pre>\n{html}</pre>") == (code_of(pieces),)


@given(st.lists(CODES, min_size=1, max_size=3), st.sampled_from([*LAYOUTS, "\t", ",", ";", "|"]))
@FILES
def test_code_comes_exactly_out_of_every_kind_of_file(
    tmp_path: Path, codes: list[list[str | Blank]], kind: str
) -> None:
    edges = []
    for pieces in codes:
        html = "".join(typed(p.answer, at) if isinstance(p, Blank) else escaped(p) for at, p in enumerate(pieces))
        edges.append(Edge("random", f"<pre>\n{html}</pre>", (code_of(pieces),)))
    path = tmp_path / "deck"
    if kind in LAYOUTS:
        deck = read_deck(write_package(path, kind, edges, media={}))
    else:
        deck = read_deck(write_notes(path, edges, separator=kind))
    assert [note.front for note in deck.notes] == [edge.front for edge in edges]


WORDS = st.text(st.one_of(st.sampled_from("<>&*_`$[]()!#+-=|~\\:ab1."), CHARACTERS), min_size=1, max_size=12).map(
    lambda text: " ".join(text.replace("\xad", "").split())
)


@given(st.lists(WORDS.filter(bool), min_size=1, max_size=5))
@settings(deadline=None)
@example(["<img src=x onerror=y>", "\\(x\\)", "{{c1::x}}"])
def test_text_is_shown_as_it_stands_and_its_clozes_hide_what_they_hold(words: list[str]) -> None:
    html = " ".join(f"{{{{c{at}::{in_prose(word)}}}}}" for at, word in enumerate(words, start=1))
    (found,) = parts(html)
    assert isinstance(found, Prose)
    assert [(plain(blank.answer), blank.groups) for blank in found.blanks] == [
        (word, (at,)) for at, word in enumerate(words, start=1)
    ]
    assert [piece for piece in found.pieces if isinstance(piece, str)] == [" "] * (len(words) - 1)


def in_prose(text: str) -> str:
    """Text as HTML that no reader takes for maths or a sound: its signs stand apart."""
    return "".join(sign if sign.isalnum() or sign == " " else f"<span>&#{ord(sign)};</span>" for sign in text)


@given(st.text(CHARACTERS))
def test_escaped_text_is_text_again(text: str) -> None:
    assert plain(escape(text)) == text
    assert plain(escape_start(escape(text))) == text
    assert not TAG.search(escape(text))


@given(SOUP)
@settings(max_examples=300, deadline=None)
def test_no_tag_survives_in_prose_whatever_the_html(html: str) -> None:
    try:
        found = parts(html)
    except NoteError:
        return
    for part in found:
        assert all(blank.answer.strip() for blank in part.blanks)
        if isinstance(part, Prose):
            pieces = [piece.answer if isinstance(piece, Blank) else piece for piece in part.pieces]
            assert not any(TAG.search(text) for text in [part.text, *pieces])


SMALL = Limits(text_bytes=1 << 16, collection_bytes=1 << 20, media_bytes=1 << 16, package_bytes=1 << 21)


def deck_or_refusal(path: Path) -> None:
    """Read the file; anything but a deck or a CourseError fails the test."""
    with contextlib.suppress(CourseError):
        assert isinstance(read_deck(path, SMALL), Deck)


@given(
    st.one_of(st.binary(max_size=300), st.text(max_size=100).map(str.encode)), st.sampled_from(["d.txt", "d.apkg", "d"])
)
@FILES
def test_random_bytes_are_a_deck_or_refused(tmp_path: Path, raw: bytes, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(raw)
    deck_or_refusal(path)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("whole")
    edges = [Edge("q", "<pre>a <input name='b_12345678'></pre>", ()), Edge("c", "a {{c1::b}}", (), cloze=True)]
    made = {layout: write_package(folder / layout, layout, edges) for layout in LAYOUTS}
    return {name: path.read_bytes() for name, path in {**made, "text": write_notes(folder / "text", edges)}.items()}


@pytest.fixture(scope="module")
def databases() -> dict[bool, bytes]:
    edges = [Edge("q", "a {{c1::b}}", (), cloze=True)]
    return {newest: collection(edges, newest=newest) for newest in (False, True)}


DAMAGE = st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=12)


@given(st.sampled_from([*LAYOUTS, "text"]), DAMAGE, st.floats(0.2, 1))
@settings(FILES, max_examples=150)
def test_a_damaged_file_is_a_deck_or_refused(
    whole: dict[str, bytes], tmp_path: Path, kind: str, damage: list[tuple[float, int]], kept: float
) -> None:
    raw = bytearray(whole[kind])
    for place, byte in damage:
        raw[int(place * len(raw))] = byte
    path = tmp_path / ("deck.txt" if kind == "text" else "deck.apkg")
    path.write_bytes(raw if kept > 0.6 else raw[: int(kept * len(raw))])
    deck_or_refusal(path)


@given(DAMAGE, st.booleans())
@settings(FILES, max_examples=100)
def test_a_damaged_database_is_a_deck_or_refused(
    databases: dict[bool, bytes], tmp_path: Path, damage: list[tuple[float, int]], newest: bool
) -> None:
    raw = bytearray(databases[newest])
    for place, byte in damage:
        raw[int(place * len(raw))] = byte
    path = tmp_path / "deck.apkg"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr(LAYOUTS[2] if newest else LAYOUTS[0], squeezed(bytes(raw)) if newest else bytes(raw))
    deck_or_refusal(path)
