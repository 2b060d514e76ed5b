"""Which notes of a deck are wanted, what becomes of questions, and under which headings all of it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from course.cards.deck import Deck, Note
from course.errors import CourseError
from course.naming import line

Questions = Literal["recall", "manual"]
Grouping = Literal["deck", "tag"]


@dataclass(frozen=True)
class Wanted:
    """What to import. Of several tags, decks or patterns one is enough; a tag or deck brings those below it."""

    tags: tuple[str, ...] = ()
    decks: tuple[str, ...] = ()
    matches: tuple[str, ...] = ()
    questions: Questions = "recall"
    by: Grouping | None = None  # None: by deck where there are several, else by tag
    title: str = ""


def chosen(deck: Deck, wanted: Wanted) -> list[Note]:
    """The notes that are wanted, in the deck's order; CourseError when there are none, or a pattern is wrong."""
    patterns = [_pattern(text) for text in wanted.matches]
    notes = [
        note
        for note in deck.notes
        if _under(wanted.tags, note.tags)
        and _under(wanted.decks, (note.deck or deck.name,))
        and (not patterns or any(pattern.search(text) for pattern in patterns for text in _texts(note)))
    ]
    if not deck.notes:
        first = f"; the first: {deck.skipped[0].reason}" if deck.skipped else ""
        raise CourseError(f"no note of {deck.name} can be read{first}")
    if not notes:
        tags = sorted({tag for note in deck.notes for tag in note.tags}, key=str.casefold)
        decks = sorted({note.deck for note in deck.notes if note.deck}, key=str.casefold)
        known = "; ".join(
            f"{kind}: {', '.join(names[:20])}" for kind, names in (("tags", tags), ("decks", decks)) if names
        )
        raise CourseError(f"no note of {deck.name} matches the filters" + (f"; it has {known}" if known else ""))
    return notes


def group_of(deck: Deck, wanted: Wanted, note: Note) -> str:
    """The heading that a note stands under."""
    by = wanted.by or ("deck" if len({each.deck for each in deck.notes}) > 1 else "tag")
    name = (note.deck or deck.name) if by == "deck" else next(iter(note.tags), "")
    return line(name.replace("::", " · ").replace("_", " "), "Other cards")


def _under(wanted: tuple[str, ...], names: tuple[str, ...]) -> bool:
    """Whether one of the names is one of those wanted, or below it."""
    folded = [name.casefold() for name in names]
    return not wanted or any(
        name == want.casefold() or name.startswith(want.casefold() + "::") for name in folded for want in wanted
    )


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise CourseError(f"--match {text}: not a regular expression ({error})") from None


def _texts(note: Note) -> Iterator[str]:
    """What a pattern is looked for in: the note as it is read."""
    yield from (part.text for part in (*note.front, *note.back))
