"""The lesson's folder: written aside, read once as any lesson is, then moved into place in one step."""

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from course.authoring import leaks, notebook
from course.authoring.lesson import Lesson, read
from course.authoring.problems import LessonError
from course.cards.deck import Deck, Skipped
from course.cards.importing import pictures
from course.cards.importing.choosing import Wanted
from course.cards.importing.items import Item, items_of
from course.cards.importing.layout import cards_text, lesson_text
from course.errors import CourseError

_TOLD = "as a written question its answer would be given away by another note; import it without --questions manual"
_NAME = re.compile(r"\d\d_[a-z0-9]+(?:_[a-z0-9]+)*")


@dataclass(frozen=True)
class Imported:
    """What a deck gives: the items, the notes that gave none, the folder (None: nothing was written), and what was
    decided in reading the deck."""

    items: tuple[Item, ...]
    skipped: tuple[Skipped, ...]
    folder: Path | None
    notices: tuple[str, ...] = ()


def import_deck(deck: Deck, out: Path | None, wanted: Wanted | None = None, force: bool = False) -> Imported:
    """Write the lesson of a deck into the folder `out`; with None it is made and read all the same, and not kept.

    Raises CourseError when no note is wanted or can be used, the folder's name is not a lesson's, it is there and
    `force` does not say to replace it, or the lesson would not read; then nothing is written.
    """
    wanted = wanted or Wanted()
    if out is not None:
        _may_write(out, force)
    items, skipped = items_of(deck, wanted)
    found = [*deck.skipped, *skipped]
    _require_items(deck, items, found)
    with _scratch(out) as scratch:
        while items:
            made = _made(deck, items, wanted.title or deck.name, scratch)
            lesson = _read(made)
            telling = _given_away(lesson, items)
            if not telling:
                break
            found += [Skipped(item.note.number, item.note.line, _TOLD) for item in telling]
            items = [item for item in items if item not in telling]
            shutil.rmtree(made)
        _require_items(deck, items, found)
        found.sort(key=lambda note: note.number)
        if out is not None:
            _put(made, out, scratch)
    return Imported(tuple(items), tuple(found), out, deck.notices)


def _require_items(deck: Deck, items: list[Item], skipped: list[Skipped]) -> None:
    if not items:
        first = min(skipped, key=lambda note: note.number)
        read_as = "".join(f"\nnote: {notice}" for notice in deck.notices)
        raise CourseError(f"no note of {deck.name} can become a part of a lesson: {first.reason}{read_as}")


def _may_write(out: Path, force: bool) -> None:
    if not _NAME.fullmatch(out.name):
        raise CourseError(f"--out {out}: a lesson's name is two digits, _ and small letters, such as lessons/20_cards")
    if out.exists() and not force:
        raise CourseError(f"{out} already exists: name another folder, or replace it with --force")
    if out.exists() and not (out / "lesson.py").is_file():
        raise CourseError(f"{out} is not a lesson, so --force does not replace it: name another folder")


@contextlib.contextmanager
def _scratch(out: Path | None) -> Iterator[Path]:
    """A folder to make the lesson in, beside its place if it is to be moved there."""
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
    name = out.name if out else "20_cards"
    with tempfile.TemporaryDirectory(prefix=f".{name}-", dir=out.parent if out else None) as scratch:
        yield Path(scratch) / name


def _made(deck: Deck, items: list[Item], title: str, made: Path) -> Path:
    """The lesson's files, written."""
    shown = pictures.shown(deck, items)
    made.mkdir()
    paths = {name: path for name, (path, _) in shown.items()}
    (made / "lesson.py").write_text(lesson_text(title, items, paths), "utf-8", newline="\n")
    (made / "cards.yaml").write_text(cards_text(items), "utf-8", newline="\n")
    for path, data in shown.values():
        (made / path).parent.mkdir(exist_ok=True)
        (made / path).write_bytes(data)
    return made


def _read(made: Path) -> Lesson:
    """The lesson as `course build` would read it; CourseError when it would not."""
    try:
        lesson = read(made)
        notebook.write(notebook.source_notebook(lesson))
    except (LessonError, ValueError) as error:
        said = str(error).replace(f"{made.parent}/", "")
        raise CourseError(f"this deck's lesson could not be read back, so nothing was written:\n{said}") from None
    return lesson


def _given_away(lesson: Lesson, items: list[Item]) -> list[Item]:
    """The written questions whose answers stand elsewhere in the lesson."""
    said = "\n".join(problem.text for problem in leaks.given_away(lesson))
    return [item for item in items if f" of `{item.name}` " in said] if said else []


def _put(made: Path, out: Path, scratch: Path) -> None:
    """Move the lesson into place, in place of the one that is there."""
    if out.exists():
        os.replace(out, scratch.parent / "before")
    os.replace(made, out)
    shutil.rmtree(scratch.parent / "before", ignore_errors=True)
