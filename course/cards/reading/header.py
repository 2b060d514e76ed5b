"""The lines in front of the rows of a text export, as Anki writes them and as spreadsheets leave them.

A spreadsheet takes each header line for a row: it adds the separators of the columns that the line does not have
(`#separator:Tab,,,`), may put it in quotes, and saves all rows with a separator of its own, whatever the line says.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from course.cards.reading.records import NAMES
from course.errors import CourseError

_SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";", "space": " ", "pipe": "|", "colon": ":", "\\t": "\t"}
_SPECIAL = ("guid", "notetype", "deck", "tags")
_KEY = re.compile(
    r"#\s{0,9}(separator|html|columns|notetype|deck|tags|(?:guid|notetype|deck|tags) column)\s{0,9}:", re.I
)
_EXCEL = re.compile(r'"?sep=(.)"?[,;|\t]*', re.IGNORECASE)


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
    notices: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Line:
    """One header line: where it stands, its key, its value, and the separators that were added behind it."""

    place: str
    key: str
    value: str
    added: str


def header(path: object, lines: Sequence[str]) -> Header:
    """The header of a text export; CourseError, with its line, for one that makes no sense."""
    read = Header()
    found: list[_Line] = []
    for number, line in enumerate(lines, start=1):
        text = line.rstrip("\r\n")
        if number == 1 and (excel := _EXCEL.fullmatch(text)):
            read.separator = excel[1]
        elif _KEY.match(text.lstrip('"')):
            found.append(_line(f"{path}:{number}", text))
        elif not text.startswith("#"):
            break
        read.lines = number
    read.keys = len(found) + bool(read.separator)
    added = {each.added for each in found if each.key != "columns"}
    parted = added.pop() if len(added) == 1 else ""  # how a spreadsheet has parted the columns
    for each in found:
        _take(read, each, parted)
    _settle(read, parted)
    for each in found:
        if each.key == "columns":
            read.columns = _columns(each, read.separator, parted)
    return read


def _line(place: str, text: str) -> _Line:
    """A header line without the quotes and the separators that a spreadsheet has put around it."""
    end, added = len(text), ""
    while end:
        at = end - 2 if end > 2 and text[end - 2 : end] == '""' and text[end - 3] in NAMES else end
        sign = text[at - 1]
        if sign not in NAMES or added not in ("", sign):
            break
        added, end = sign, at - 1
    text = text[:end] if text.startswith('"') else text
    if text.startswith('"'):
        text = text.removeprefix('"').removesuffix('"').replace('""', '"')
    key, _, value = text[1:].partition(":")
    return _Line(place, " ".join(key.lower().split()), value, added)


def _take(read: Header, line: _Line, parted: str) -> None:
    value = line.value.rstrip(parted) if parted else line.value
    name, _, column = line.key.partition(" ")
    if line.key == "separator":
        read.separator = _separator(line, value, parted)
    elif line.key == "html":
        read.html = value.strip().lower() == "true"
    elif column:
        if not re.fullmatch("[0-9]{1,3}", value.strip()):
            raise CourseError(f"{line.place}: {value.strip()!r} is not a column number")
        read.column[name] = int(value)
    elif line.key in _SPECIAL:
        read.fixed[line.key] = value.strip()


def _separator(line: _Line, value: str, parted: str) -> str:
    value = value if value in _SEPARATORS.values() else value.strip() or parted
    sign = _SEPARATORS.get(value.lower(), value)
    if len(sign) != 1 or sign in '"\r\n#' or not sign.isprintable() ^ (sign == "\t"):
        raise CourseError(f"{line.place}: no separator is called {value!r}; Anki writes tab, comma, semicolon, pipe")
    return sign


def _settle(read: Header, parted: str) -> None:
    """Believe the rows where a spreadsheet has parted them by another sign than the header says."""
    if parted and read.separator not in ("", parted):
        said = NAMES.get(read.separator, read.separator)
        read.notices.append(
            f"the header names the {said}, but a spreadsheet has split the columns at each {NAMES[parted]}, "
            "and so did this import"
        )
    read.separator = parted or read.separator


def _columns(line: _Line, separator: str, parted: str) -> tuple[str, ...]:
    """The names of the columns, parted as the rows are, or as they were where a spreadsheet took them for one cell."""
    try:
        cells = next(csv.reader([line.value], delimiter=separator or "\t"), [])
        if parted and len([cell for cell in cells if cell]) == 1:
            other = next((sign for sign in NAMES if sign in cells[0]), parted)
            cells = next(csv.reader([cells[0]], delimiter=other), [])
    except csv.Error as error:
        raise CourseError(f"{line.place}: the names of the columns cannot be read ({error})") from None
    while parted and cells and not cells[-1]:
        cells.pop()
    return tuple(cells)
