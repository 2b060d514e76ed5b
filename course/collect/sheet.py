"""A table that an instructor has: a roster, a gradebook's export, extensions; in whatever form it was saved."""

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from course.errors import CourseError

MAX_BYTES = 50 * 2**20
_DELIMITERS = ",;\t|"
_NO_TABLES = {b"PK\x03\x04": "a spreadsheet", b"\xd0\xcf\x11\xe0": "a spreadsheet", b"%PDF": "a PDF file"}
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}


@dataclass(frozen=True)
class Row:
    """One line of a table: its values by heading, as `folded` writes headings."""

    line: int
    values: Mapping[str, str]

    def first(self, headings: Iterable[str]) -> str:
        """The first value under these headings; empty where there is none."""
        return next((value for heading in headings if (value := self.values.get(heading, ""))), "")


@dataclass(frozen=True)
class Sheet:
    """A table with its headings as they are written, by how `folded` writes them."""

    path: Path
    headings: Mapping[str, str]
    rows: tuple[Row, ...]

    def at(self, row: Row) -> str:
        """Where a row stands, for messages."""
        return f"{self.path}, line {row.line}"


def folded(heading: str) -> str:
    """A heading in small letters, without accents, each run of other signs as one space."""
    plain = unicodedata.normalize("NFKD", heading).casefold()
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return re.sub(r"[\W_]+", " ", plain).strip()


def read(path: Path) -> Sheet:
    """The table in a text file, whatever its encoding and delimiter; CourseError where there is none."""
    text = _text(path)
    lines = text.splitlines(keepends=True)
    told = re.match(r"\s*sep=(.)\s*$", lines[0], re.IGNORECASE) if lines else None  # as Excel writes it
    skipped = 1 if told else 0
    reader = csv.reader(
        io.StringIO("".join(lines[skipped:]), newline=""), delimiter=told[1] if told else _delimiter(text)
    )
    try:
        found = [(reader.line_num + skipped, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise CourseError(f"{path}, line {reader.line_num + skipped}: {error}: save it again as CSV") from None
    if len(found) < 2:
        raise CourseError(f"{path} has no rows below a line of headings")
    named = [(folded(cell), cell.strip()) for cell in found[0][1]]
    double = [name for name, count in Counter(name for name, _ in named if name).items() if count > 1]
    if double:
        raise CourseError(f"{path}, line {found[0][0]}: two columns are called {double[0]!r}: rename one")
    rows = [
        Row(line, {name: _clean(cell) for (name, _), cell in zip(named, cells, strict=False) if name})
        for line, cells in found[1:]
    ]
    return Sheet(path, {name: written for name, written in named if name}, tuple(rows))


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise CourseError(f"{path} cannot be read: {error.strerror}") from None
    if len(raw) > MAX_BYTES:
        raise CourseError(f"{path} has more than the {MAX_BYTES >> 20} MB that are read of a table")
    if kind := next((kind for mark, kind in _NO_TABLES.items() if raw.startswith(mark)), ""):
        raise CourseError(f"{path} is {kind}, not a table in text: save it as CSV")
    encodings = [next((name for mark, name in _MARKS.items() if raw.startswith(mark)), "utf-8"), "cp1252", "latin-1"]
    if raw[1:2] == b"\0":  # UTF-16 without its mark
        encodings.insert(0, "utf-16-le")
    for encoding in encodings:
        try:
            return raw.decode(encoding).replace("\0", "")
        except UnicodeDecodeError:
            continue
    raise AssertionError("Latin-1 reads all bytes")


def _delimiter(text: str) -> str:
    """The sign that parts most cells of the headings."""
    heading = re.sub(r'"[^"]*"', "", next((line for line in text.splitlines() if line.strip()), ""))
    return max(_DELIMITERS, key=heading.count)


def _clean(cell: str) -> str:
    """A value without the margins and the apostrophe by which spreadsheets keep text from being computed."""
    plain = unicodedata.normalize("NFC", cell.replace("\u00a0", " ")).strip()
    return plain[1:] if plain.startswith("'") and plain[1:2] in tuple("=+-@") else plain
