"""`course cards import`: read a deck, make its lesson, show what became of it."""

from pathlib import Path
from typing import cast, get_args

from rich.console import Console

from course.cards.importing import preview
from course.cards.importing.choosing import Grouping, Questions, Wanted
from course.cards.importing.writing import Imported, import_deck
from course.cards.reading import read_deck
from course.errors import CourseError
from course.report.screen import wide_console

Filters = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]  # tags, decks, patterns


def run(
    path: Path,
    out: Path,
    filters: Filters,
    questions: str = "recall",
    by: str | None = None,
    title: str = "",
    *,
    dry_run: bool = False,
    force: bool = False,
    console: Console | None = None,
) -> Imported:
    """Import the deck and print the result; CourseError for a word that an option does not know, and as import_deck."""
    for option, word, known in (("--questions", questions, get_args(Questions)), ("--by", by, get_args(Grouping))):
        if word is not None and word not in known:
            raise CourseError(f"{option} {word}: it is one of {', '.join(known)}")
    wanted = Wanted(*filters, cast(Questions, questions), cast(Grouping | None, by), title)
    imported = import_deck(read_deck(path), None if dry_run else out, wanted, force)
    preview.show(imported, console or wide_console(), notes=dry_run)
    return imported
