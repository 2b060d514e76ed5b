"""Text exports of notes or cards: header lines, then rows of fields, as Anki writes and reads them.

A row may go on over several lines inside quotes. A row whose quotes do not match is skipped with its line, and reading
goes on at the next line, so that one damaged row costs no other.
"""

import contextlib
import csv
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from course.cards.deck import Skipped
from course.cards.reading.limits import Limits
from course.cards.reading.notes import Row
from course.errors import CourseError

_SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";", "space": " ", "pipe": "|", "colon": ":", "\\t": "\t"}
_SUFFIXES = (".txt", ".csv", ".tsv")
_SPECIAL = ("guid", "notetype", "deck", "tags")


@dataclass
class Header:
    """What the lines in front of the rows say; columns count from 1, 0: there is none."""

    separator: str = ""
    html: bool = True
    columns: tuple[str, ...] = ()
    column: dict[str, int] = field(default_factory=dict)  # of guid, notetype, deck, tags
    fixed: dict[str, str] = field(default_factory=dict)  # notetype, deck, tags of every row
    lines: int = 0
    keys: int = 0


def rows(path: Path, limits: Limits) -> Iterator[Row | Skipped]:
    """The notes of a text export in order; CourseError when the file is none."""
    lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", _text(path, limits))
    header = _header(path, lines)
    if not header.keys and path.suffix.lower() not in _SUFFIXES:
        raise CourseError(f"{path}: this is neither an .apkg nor a text export (.txt, .csv, .tsv) of Anki")
    header.separator = header.separator or _guessed(lines[header.lines :])
    for number, (line, found) in enumerate(_records(lines, header, limits), start=1):
        if number > limits.notes:
            raise CourseError(f"{path}: more than {limits.notes:,} notes; export fewer at a time")
        yield Skipped(number, line, found) if isinstance(found, str) else _row(number, line, found, header)


def _text(path: Path, limits: Limits) -> str:
    with path.open("rb") as file:
        raw = file.read(limits.text_bytes + 1)
    if len(raw) > limits.text_bytes:
        raise CourseError(f"{path}: larger than {limits.text_bytes >> 20} MB; export fewer notes at a time")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise CourseError(f"{path}: the text is in UTF-16; save it in UTF-8")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise CourseError(f"{path}:{line}: the text is not in UTF-8; export it anew, or save it in UTF-8") from None
    if "\0" in text:
        raise CourseError(f"{path}: this is no text export; export notes or cards from Anki as plain text or .apkg")
    return text


def _header(path: Path, lines: list[str]) -> Header:
    header = Header()
    for number, line in enumerate(lines, start=1):
        if not line.startswith("#"):
            break
        header.lines = number
        key, colon, value = line[1:].rstrip("\r\n").partition(":")
        if colon:
            header.keys += _take(header, key.strip().lower(), value, f"{path}:{number}")
    return header


def _take(header: Header, key: str, value: str, place: str) -> bool:
    """Take one header line; False when it is a comment."""
    name, _, column = key.partition(" ")
    if key == "separator":
        value = value if value in _SEPARATORS.values() else value.strip()
        header.separator = _SEPARATORS.get(value.lower(), value)
        if (
            len(header.separator) != 1
            or header.separator in '"\r\n#'
            or not header.separator.isprintable() ^ (header.separator == "\t")
        ):
            raise CourseError(f"{place}: no separator is called {value!r}; Anki writes tab, comma, semicolon, pipe")
    elif key == "html":
        header.html = value.strip().lower() == "true"
    elif key == "columns":
        header.columns = tuple(next(csv.reader([value], delimiter=header.separator or "\t"), []))
    elif column == "column" and name in _SPECIAL:
        if not re.fullmatch("[0-9]{1,3}", value.strip()):
            raise CourseError(f"{place}: {value.strip()!r} is no number of a column")
        header.column[name] = int(value)
    elif key in _SPECIAL:
        header.fixed[key] = value.strip()
    else:
        return False
    return True


def _guessed(lines: list[str]) -> str:
    """The separator of a file that names none: that of its first line of data."""
    first = next((line for line in lines if line.strip() and not line.startswith("#")), "")
    return next((sign for sign in "\t;," if sign in first), "\t")


def _records(lines: list[str], header: Header, limits: Limits) -> Iterator[tuple[int, list[str] | str]]:
    """Each record's first line and its fields, or what is wrong with it."""
    at = start = header.lines

    def feed() -> Iterator[str]:
        nonlocal at
        while at < len(lines):
            at += 1
            yield lines[at - 1]

    while True:
        while at < len(lines) and (lines[at].startswith("#") or not lines[at].strip()):
            at += 1
        if at == len(lines):
            return
        start = at
        try:
            with _field_limit(limits.field_chars):
                found = next(csv.reader(feed(), delimiter=header.separator, strict=True))
        except csv.Error as error:
            at = start + 1
            yield at, _said(str(error), limits)
        else:
            yield start + 1, found


@contextlib.contextmanager
def _field_limit(chars: int) -> Iterator[None]:
    before = csv.field_size_limit(chars)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _said(error: str, limits: Limits) -> str:
    if "limit" in error:
        return f"it has a field of more than {limits.field_chars:,} characters, or a quote that is never closed"
    if "unexpected end" in error:
        return "a quote opens in it and is never closed"
    return "a quote closes in the middle of a field: quotes inside quotes are doubled"


def _row(number: int, line: int, found: list[str], header: Header) -> Row | Skipped:
    expected = max([len(header.columns), *header.column.values()])
    if header.columns and len(found) > expected:
        return Skipped(number, line, f"it has {len(found)} columns where the header names {expected}")
    special = {name: found[at - 1] if 0 < at <= len(found) else "" for name, at in header.column.items()}
    taken = {at - 1 for at in header.column.values()}
    fields = tuple(value for at, value in enumerate(found) if at not in taken)
    named = {**header.fixed, **{name: value.strip() for name, value in special.items() if value.strip()}}
    return Row(
        number,
        line,
        fields if header.html else tuple(as_html(value) for value in fields),
        special.get("guid", ""),
        named.get("notetype", ""),
        named.get("deck", ""),
        tuple(dict.fromkeys(f"{header.fixed.get('tags', '')} {special.get('tags', '')}".split())),
    )


def as_html(text: str) -> str:
    """Plain text as HTML that shows it."""
    return html.escape(text, quote=False).replace("\r\n", "\n").replace("\n", "<br>")
