"""Text exports as spreadsheets and hands leave them: header lines that became rows, separators that nobody named."""

from pathlib import Path

import pytest

from course.cards.deck import Deck
from course.cards.reading import Limits, read_deck
from course.cards.reading.records import records


def deck_of(folder: Path, text: str | bytes, name: str = "deck.csv") -> Deck:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_deck(path)


def texts(deck: Deck) -> list[tuple[str, str]]:
    return [("".join(p.text for p in note.front), "".join(p.text for p in note.back)) for note in deck.notes]


WANTED = [("What is a norm?", "A length."), ("One, two", "3; 4")]
HEADERS = {
    "commas behind each line": "#separator:Comma,,\n#html:true,,\n#deck:DL,,\n#tags:a b,,\n",
    "quoted lines": '"#separator:Comma",,\n"#html:true",,\n"#deck:DL",,\n"#tags:a b",,\n',
    "quoted lines and quoted cells": '"#separator:Comma","",""\n"#html:true","",""\n"#deck:DL","",""\n"#tags:a b","",""\n',
    "the separator of the export": "#separator:tab,,\n#html:true,,\n#deck:DL,,\n#tags:a b,,\n",
    "capitals": "#Separator:COMMA,,\n#HTML:TRUE,,\n#Deck:DL,,\n#Tags:a b,,\n",
    "one comma": "#separator:Comma,\n#html:true,\n#deck:DL,\n#tags:a b,\n",
    "the sign itself": "#separator:,,,\n#html:true,,\n#deck:DL,,\n#tags:a b,,\n",
    "no separator line": "#html:true,,\n#deck:DL,,\n#tags:a b,,\n",
    "names of columns": "#separator:Comma,,\n#html:true,,\n#columns:Front,Back,\n#deck:DL,,\n#tags:a b,,\n",
    "names of columns in one cell": '#separator:tab,,\n#html:true,,\n"#columns:Front\tBack",,\n#deck:DL,,\n#tags:a b,,\n',
    "what a spreadsheet is told": "sep=,\n#html:true,,\n#deck:DL,,\n#tags:a b,,\n",
}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old mac"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"], ids=["plain", "bom"])
@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
def test_a_header_that_went_through_a_spreadsheet_says_the_same(
    tmp_path: Path, header: str, bom: bytes, end: str
) -> None:
    text = f'{header}"What is a norm?","A length.",\n"One, two","3; 4",\n,,\n'
    deck = deck_of(tmp_path, bom + text.replace("\n", end).encode())
    assert (texts(deck), deck.skipped) == (WANTED, ())
    assert {(note.deck, note.tags) for note in deck.notes} == {("DL", ("a", "b"))}


@pytest.mark.parametrize("sign", ["\t", ";", "|", ","])
def test_the_separator_is_that_of_the_rows_whatever_the_header_says(tmp_path: Path, sign: str) -> None:
    text = f'#separator:Pipe{sign * 2}\n#html:true{sign * 2}\n"What is a norm?"{sign}"A length."{sign}\n"One, two"{sign}"3; 4"\n'
    deck = deck_of(tmp_path, text)
    assert texts(deck) == WANTED
    assert len(deck.notices) == (sign != "|")


def test_a_header_of_ankis_own_keeps_what_ends_in_a_separator(tmp_path: Path) -> None:
    (note,) = deck_of(tmp_path, "#separator:tab\n#html:true\n#deck:Maths,\n#tags:a;\na\tb\n").notes
    assert (note.deck, note.tags) == ("Maths,", ("a;",))


def test_a_row_that_begins_like_a_comment_in_quotes_is_a_row(tmp_path: Path) -> None:
    assert texts(deck_of(tmp_path, '"#include","a header"\n"#define","a name"\n')) == [
        ("\\#include", "a header"),
        ("\\#define", "a name"),
    ]


UNNAMED = {
    "a semicolon in the first row": ('"How does C loop?","for(i=0;i<n;i++)"\n"a","b"\n"c","d"\n', ",", 3),
    "a comma in the first row": ("How, when and where?;now\na;b\nc;d\n", ";", 3),
    "a tab in the first row": ('"a\tb";c\nd;e\nf;g\n', ";", 3),
    "a bar in every row": ("a|b, c\nd|e, f\ng|h\n", "|", 3),
    "tabs and prose": ("Why, then?\tSo, so; or not\nHow?\tIt, is\n", "\t", 2),
    "commas in most rows only": ("a;b,c\nd;e,f\ng;h\n", ";", 3),
    "a row of another length": ("a,b\nc,d\ne,f,g\nh,i\n", ",", 4),
    "quotes over lines": ('"a;\nb;\nc",d\n"e",f\n', ",", 2),
    "a comment first": ("# a; b; c\na,b\nc,d\n", ",", 2),
    "one column": ("What is said, is said\nand that is it\nas I told you\n", "", 3),
}


@pytest.mark.parametrize(("text", "sign", "count"), UNNAMED.values(), ids=UNNAMED)
def test_a_separator_that_nobody_named_is_decided_by_all_rows_and_said(
    tmp_path: Path, text: str, sign: str, count: int
) -> None:
    deck = deck_of(tmp_path, text)
    assert len(deck.notes) == count
    assert all((len(note.fields) > 1) == bool(sign) for note in deck.notes)
    names = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "pipe", "": "one column"}
    assert len(deck.notices) == 1
    assert names[sign] in deck.notices[0]
    assert "#separator:" in deck.notices[0]


@pytest.mark.parametrize("row", ['"a\n', 'a\t"b\n', '"""a\n', 'x,"a\n', '""a\n', '"a""\n', ',""",\n'])
def test_damaged_rows_are_read_at_most_a_few_times_each(row: str) -> None:
    class Counted(list[str]):
        asked = 0

        def __getitem__(self, at: object) -> str:  # type: ignore[override]
            Counted.asked += 1
            return super().__getitem__(at)  # type: ignore[index]

    lines = Counted([row] * 2000)
    for sign in "\t,":
        list(records(lines, 0, sign, Limits()))
    assert Counted.asked < 12 * len(lines)
