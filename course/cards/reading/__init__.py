"""Read decks: Anki's text exports of notes and of cards, and its packages in all three layouts.

A deck comes from anywhere. What this protects against: archives that unpack without end, paths and links in archives,
encrypted members, damaged or hostile databases, fields without end, scripts, event handlers and addresses that run
code. All that is left of HTML is text, code and Markdown without tags. What it does not: text that misleads, and code
that does harm once somebody runs it; nothing of a deck is run here.
"""

import os
from pathlib import Path

from course.cards.deck import Deck, Note, Skipped
from course.cards.reading import table
from course.cards.reading.limits import Limits
from course.cards.reading.media import names_in
from course.cards.reading.notes import Row, note
from course.cards.reading.package import Package
from course.errors import CourseError

__all__ = ["Limits", "read_deck"]


def read_deck(path: str | os.PathLike[str], limits: Limits | None = None) -> Deck:
    """The deck of a text export or a package; notes that cannot be read are in ``skipped``.

    CourseError, with the way out, when the file is no deck or not one to be trusted.
    """
    path, limits = Path(path), limits or Limits()
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as error:
        raise CourseError(f"{path}: cannot be read ({error.strerror}); name a text export or an .apkg") from None
    if start[:2] == b"PK" or path.suffix.lower() in (".apkg", ".colpkg"):
        return _package(path, limits)
    return _deck(path, list(table.rows(path, limits)), limits)


def _package(path: Path, limits: Limits) -> Deck:
    with Package(path, limits) as package:
        deck = _deck(path, package.rows(), limits)
        return Deck(deck.name, deck.notes, deck.skipped, package.media(names_in(deck.notes)))


def _deck(path: Path, rows: list[Row | Skipped], limits: Limits) -> Deck:
    read = [note(row, limits) if isinstance(row, Row) else row for row in rows]
    if not read:
        raise CourseError(f"{path}: the file holds no notes; export notes or cards from Anki as plain text or .apkg")
    notes = tuple(found for found in read if isinstance(found, Note))
    return Deck(path.stem, notes, tuple(found for found in read if isinstance(found, Skipped)))
