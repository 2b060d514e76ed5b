"""Text exports: headers, separators, quotes, comments, and what is wrong with a file or a row."""

from pathlib import Path

import pytest

from course.cards.deck import Deck, Skipped
from course.cards.reading import Limits, read_deck
from course.errors import CourseError
from tests.cards.decks import blank, prose


def deck_of(folder: Path, text: str | bytes, name: str = "deck.txt", limits: Limits | None = None) -> Deck:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_deck(path, limits)


def refusal(folder: Path, text: str | bytes, name: str = "deck.txt", limits: Limits | None = None) -> str:
    with pytest.raises(CourseError) as refused:
        deck_of(folder, text, name, limits)
    message = str(refused.value)
    assert message.startswith(str(folder / name))
    return message.removeprefix(str(folder / name))


def texts(deck: Deck) -> list[tuple[str, str]]:
    return [("".join(p.text for p in note.front), "".join(p.text for p in note.back)) for note in deck.notes]


@pytest.mark.parametrize(
    ("header", "sign"),
    [
        ("tab", "\t"),
        ("Comma", ","),
        ("semicolon", ";"),
        ("Pipe", "|"),
        ("colon", ":"),
        ("space", " "),
        ("\t", "\t"),
        ("~", "~"),
    ],
)
def test_every_separator_that_anki_names_is_known(tmp_path: Path, header: str, sign: str) -> None:
    assert texts(deck_of(tmp_path, f"#separator:{header}\na{sign}b\n")) == [("a", "b")]


@pytest.mark.parametrize("sign", ["\t", ",", ";"])
def test_a_file_that_names_no_separator_shows_it(tmp_path: Path, sign: str) -> None:
    assert texts(deck_of(tmp_path, f"a{sign}b\n", "deck.csv")) == [("a", "b")]


def test_a_byte_order_mark_and_line_ends_of_other_systems_change_nothing(tmp_path: Path) -> None:
    want = [("a", "b"), ("c d", "e")]
    text = '#separator:tab\na\tb\n"c\nd"\te\n'
    for end in ("\n", "\r\n", "\r"):
        assert texts(deck_of(tmp_path, b"\xef\xbb\xbf" + text.replace("\n", end).encode())) == want


def test_comments_stand_anywhere_but_inside_quotes(tmp_path: Path) -> None:
    text = '#separator:tab\n# a "first\na\tb\n# one" more\n"c\n# kept"\td\n#\n"#e"\tf'
    assert texts(deck_of(tmp_path, text)) == [("a", "b"), ("c # kept", "d"), ("\\#e", "f")]


def test_columns_with_a_meaning_may_stand_anywhere(tmp_path: Path) -> None:
    text = "#separator:tab\n#tags column:1\n#guid column:3\n#deck column:4\n#notetype column:6\nt u\tfront\tid\tA::B\tback\tAsk\n"
    (note,) = deck_of(tmp_path, text).notes
    assert (note.tags, note.guid, note.deck, note.notetype) == (("t", "u"), "id", "A::B", "Ask")
    assert (note.front, note.back, note.fields) == ((prose("front"),), (prose("back"),), ("front", "back"))


def test_what_the_header_fixes_holds_for_every_note(tmp_path: Path) -> None:
    text = "#separator:tab\n#notetype:Ask\n#deck:Maths\n#tags:all x\n#tags column:3\na\tb\tx y\nc\td\t\n"
    notes = deck_of(tmp_path, text).notes
    assert [(note.notetype, note.deck, note.tags) for note in notes] == [
        ("Ask", "Maths", ("all", "x", "y")),
        ("Ask", "Maths", ("all", "x")),
    ]


def test_plain_text_is_shown_as_it_stands(tmp_path: Path) -> None:
    deck = deck_of(tmp_path, '#separator:tab\n#html:false\n"x <b> &lt;\n{{c1::y<z}}"\tw\n')
    assert deck.notes[0].front == (prose("x &lt;b&gt; &amp;lt;  \n", blank("y&lt;z")),)


def test_names_of_fields_are_no_note(tmp_path: Path) -> None:
    assert texts(deck_of(tmp_path, "#separator:tab\n#columns:Front\tBack\na\tb\n")) == [("a", "b")]


def test_fields_that_a_row_leaves_out_are_empty(tmp_path: Path) -> None:
    assert texts(deck_of(tmp_path, "#separator:tab\n#columns:Front\tBack\tTags\n#tags column:3\na\n")) == [("a", "")]


def test_a_damaged_row_costs_no_other_and_is_named_by_number_and_line(tmp_path: Path) -> None:
    text = '#separator:tab\nfirst\t1\n"broken\t2\n"third\nline"\t3\nfourth\t"4" or\nfifth\t5\n'
    deck = deck_of(tmp_path, text)
    assert [front for front, _ in texts(deck)] == ["first", "third line", "fifth"]
    assert [(skipped.number, skipped.line) for skipped in deck.skipped] == [(2, 3), (4, 6)]
    assert all("quote" in skipped.reason for skipped in deck.skipped)
    assert [note.number for note in deck.notes] == [1, 3, 5]


def test_a_quote_that_never_closes_costs_one_note(tmp_path: Path) -> None:
    deck = deck_of(tmp_path, '#separator:tab\na\t"b\nc\td\ne\tf\n')
    assert deck.skipped == (Skipped(1, 2, "a quote opens in it and is never closed"),)
    assert texts(deck) == [("c", "d"), ("e", "f")]


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ("a {{c1::b", "c1 is never closed"),
        ("a {{c2::}} b", "c2 hides nothing"),
        ("a {{c1:: &nbsp;}} b", "c1 hides nothing"),
        ("{{c1::image-occlusion:rect:left=.1}}", "part of a picture"),
        ("<pre><input name='_12345678'></pre>", "a blank without an answer"),
        ("<pre><input name='  _12345678'></pre>", "a blank without an answer"),
        ("<script>x</script><br>", "show nothing"),
        ("{{c1::" * 11 + "x" + "}}" * 11, "more than 10 clozes"),
    ],
)
def test_a_note_that_cannot_be_asked_is_skipped_with_its_reason(tmp_path: Path, field: str, reason: str) -> None:
    deck = deck_of(tmp_path, f"#separator:tab\nfine\t\n{field}\t\nfine\t\n")
    assert [note.number for note in deck.notes] == [1, 3]
    assert [(skipped.number, skipped.line) for skipped in deck.skipped] == [(2, 3)]
    assert reason in deck.skipped[0].reason


def test_more_columns_than_the_header_names_are_a_damaged_row(tmp_path: Path) -> None:
    deck = deck_of(tmp_path, "#separator:comma\n#columns:Front,Back\na,b,c\nd,e\n")
    assert deck.skipped == (Skipped(1, 3, "it has 3 columns where the header names 2"),)


def test_a_field_or_a_note_that_is_too_large_is_skipped(tmp_path: Path) -> None:
    limits = Limits(field_chars=100, fields=3, field_tags=5)
    rows = (f"a\t{'x' * 101}", f"b\t{'y' * 100}", "1\t2\t3\t4", f"c\t{'<b>' * 6}")
    deck = deck_of(tmp_path, "\n".join(["#separator:tab", *rows]), limits=limits)
    assert [note.number for note in deck.notes] == [2]
    assert "100 characters" in deck.skipped[0].reason
    assert "more than 3" in deck.skipped[1].reason
    assert "more than 5 tags" in deck.skipped[2].reason


def test_reading_leaves_the_field_limit_of_csv_as_it_was(tmp_path: Path) -> None:
    import csv

    before = csv.field_size_limit()
    deck_of(tmp_path, "a\tb\n", limits=Limits(field_chars=10))
    assert csv.field_size_limit() == before


def test_files_that_are_no_deck_are_refused_with_the_way_out(tmp_path: Path) -> None:
    assert "UTF-16" in refusal(tmp_path, "a\tb".encode("utf-16"))
    assert refusal(tmp_path, "a\tb\nschön\tc".encode("latin-1")).startswith(":2: the text is not in UTF-8")
    assert "not a text export" in refusal(tmp_path, b"a\0b\tc")
    assert "holds no notes" in refusal(tmp_path, "#separator:tab\n# nothing\n")
    assert "holds no notes" in refusal(tmp_path, "")
    assert "neither an .apkg nor a text export" in refusal(tmp_path, "import torch\n", "lesson.py")
    assert "larger than" in refusal(tmp_path, "a\tb\n" * 1000, limits=Limits(text_bytes=1000))
    assert "more than 2 notes" in refusal(tmp_path, "a\tb\n" * 3, limits=Limits(notes=2))


@pytest.mark.parametrize(
    "header", ["separator:bell", 'separator:"', "separator:", "tags column:x", "guid column:1000000"]
)
def test_a_header_that_makes_no_sense_is_refused_with_its_line(tmp_path: Path, header: str) -> None:
    assert refusal(tmp_path, f"#html:true\n#{header}\na\tb\n").startswith(":2: ")


def test_a_path_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.txt"):
        with pytest.raises(CourseError, match="cannot be read"):
            read_deck(path)
