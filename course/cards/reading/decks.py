"""A deck from a file, whatever kind of file it turns out to be."""

import os
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path, PurePosixPath

from course.cards.deck import Deck, Note, Skipped
from course.cards.reading import table
from course.cards.reading.limits import Limits
from course.cards.reading.media import names_in
from course.cards.reading.notes import Row, note
from course.cards.reading.package import Package
from course.errors import CourseError


def read_deck(path: str | os.PathLike[str], limits: Limits | None = None) -> Deck:
    """The deck of a text export or a package; notes that cannot be read are in `skipped`.

    CourseError, with the way out, when the file is not a deck or not one to be trusted.
    """
    path, limits = Path(path), limits or Limits()
    try:
        with path.open("rb") as file:
            start = file.read(16)
    except OSError as error:
        raise CourseError(f"{path}: cannot be read ({error.strerror}); name a text export or an .apkg") from None
    if start[:2] == b"PK" or path.suffix.lower() in (".apkg", ".colpkg"):
        return _package(path, limits)
    if start == b"SQLite format 3\0":
        raise CourseError(f"{path}: this is Anki's own database, not a deck; export the deck from Anki as .apkg")
    found, notices = table.rows(path, limits)
    return _deck(path, found, limits, notices)


def _package(path: Path, limits: Limits, name: str = "", depth: int = 0) -> Deck:
    """The deck of a package, or of the one package that a zip holds; `name` where the file is a copy of ours."""
    with Package(path, limits) as package:
        if not (inner := package.inner):
            deck = _deck(path, package.rows(), limits)
            media = package.media(names_in(deck.notes))
            return replace(deck, name=name or path.stem, media=media, notices=(*deck.notices, *package.notices))
        if depth:
            raise CourseError(f"{path}: a package in a package in a package; unpack it and name the innermost")
        with tempfile.TemporaryDirectory(prefix="deck-") as folder:
            copy = Path(folder).resolve() / "inner.apkg"
            package.copy(inner, copy)
            try:
                deck = _package(copy, limits, PurePosixPath(inner).stem, depth + 1)
            except CourseError as error:
                raise CourseError(str(error).replace(str(copy), f"{path}: {inner}")) from None
    return replace(deck, notices=(f"the file holds a package, {inner}: that was read", *deck.notices))


def _deck(path: Path, rows: list[Row | Skipped], limits: Limits, notices: Iterable[str] = ()) -> Deck:
    read = [note(row, limits) if isinstance(row, Row) else row for row in rows]
    if not read:
        raise CourseError(f"{path}: the file holds no notes; export notes or cards from Anki as plain text or .apkg")
    notes = tuple(found for found in read if isinstance(found, Note))
    skipped = tuple(found for found in read if isinstance(found, Skipped))
    return Deck(path.stem, notes, skipped, notices=tuple(notices))
