"""Text exports of notes or cards: header lines, then rows of fields, as Anki writes and reads them."""

import html
import re
from pathlib import Path

from course.cards.deck import Skipped
from course.cards.reading.header import Header, header
from course.cards.reading.limits import Limits
from course.cards.reading.notes import Row
from course.cards.reading.records import guessed, records
from course.errors import CourseError

_SUFFIXES = (".txt", ".csv", ".tsv")


def rows(path: Path, limits: Limits) -> tuple[list[Row | Skipped], list[str]]:
    """The notes of a text export in order, and what was decided in reading it; CourseError when the file is not one."""
    lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", _text(path, limits))
    head = header(path, lines)
    if not head.keys and path.suffix.lower() not in _SUFFIXES:
        raise CourseError(f"{path}: this is neither an .apkg nor a text export (.txt, .csv, .tsv) of Anki")
    if not head.separator:
        head.separator, said = guessed(lines, head.lines, limits)
        head.notices.append(said)
    found: list[Row | Skipped] = []
    for number, (line, record) in enumerate(records(lines, head.lines, head.separator, limits), start=1):
        if number > limits.notes:
            raise CourseError(f"{path}: more than {limits.notes:,} notes; export fewer at a time")
        found.append(Skipped(number, line, record) if isinstance(record, str) else _row(number, line, record, head))
    return found, head.notices


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
        raise CourseError(f"{path}:{line}: the text is not in UTF-8; export it again, or save it in UTF-8") from None
    if "\0" in text:
        raise CourseError(f"{path}: this is not a text export; export notes or cards from Anki as plain text or .apkg")
    return text


def _row(number: int, line: int, found: list[str], header: Header) -> Row | Skipped:
    expected = max([len(header.columns), *header.column.values()])
    while header.columns and len(found) > expected and not found[-1]:
        found.pop()  # a spreadsheet makes all rows as long as the longest
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
