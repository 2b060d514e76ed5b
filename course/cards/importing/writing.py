"""The lesson's folder: written aside, read once as any lesson, then moved into place in one step."""

import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from course.build.lesson import read
from course.cards.deck import Deck, Skipped
from course.cards.importing import pictures
from course.cards.importing.choosing import Wanted
from course.cards.importing.items import Item, items_of
from course.cards.importing.layout import cards_text, lesson_text
from course.errors import CourseError

_NAME = re.compile(r"\d\d_[a-z0-9]+(?:_[a-z0-9]+)*")


@dataclass(frozen=True)
class Imported:
    """What a deck gives: the items, the notes that gave none, and the folder (None: nothing was written)."""

    items: tuple[Item, ...]
    skipped: tuple[Skipped, ...]
    folder: Path | None


def import_deck(deck: Deck, out: Path | None, wanted: Wanted | None = None, force: bool = False) -> Imported:
    """Write the lesson of a deck into the folder ``out``; with None nothing is written.

    Raises CourseError when no note is wanted or can be used, the folder's name is no lesson's, or it is there and
    ``force`` does not say to replace it.
    """
    wanted = wanted or Wanted()
    if out is not None:
        _may_write(out, force)
    items, skipped = items_of(deck, wanted)
    skipped = sorted([*deck.skipped, *skipped], key=lambda note: note.number)
    if not items:
        raise CourseError(f"no note of {deck.name} can become a part of a lesson: {skipped[0].reason}")
    if out is not None:
        _write(deck, items, wanted.title or deck.name, out)
    return Imported(tuple(items), tuple(skipped), out)


def _may_write(out: Path, force: bool) -> None:
    if not _NAME.fullmatch(out.name):
        raise CourseError(
            f"--out {out}: a lesson is called by two digits, _ and small letters, such as lessons/20_cards"
        )
    if out.exists() and not force:
        raise CourseError(f"{out} is there already: name another folder, or replace it with --force")
    if out.exists() and not (out / "lesson.py").is_file():
        raise CourseError(f"{out} is no lesson, so --force does not replace it: name another folder")


def _write(deck: Deck, items: list[Item], title: str, out: Path) -> None:
    shown = pictures.shown(deck, items)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as scratch:
        made = Path(scratch) / out.name
        made.mkdir()
        paths = {name: path for name, (path, _) in shown.items()}
        (made / "lesson.py").write_text(lesson_text(title, items, paths), "utf-8", newline="\n")
        (made / "cards.yaml").write_text(cards_text(items), "utf-8", newline="\n")
        for path, data in shown.values():
            (made / path).parent.mkdir(exist_ok=True)
            (made / path).write_bytes(data)
        read(made)
        if out.exists():
            os.replace(out, Path(scratch) / "before")
        os.replace(made, out)
        shutil.rmtree(Path(scratch) / "before", ignore_errors=True)
