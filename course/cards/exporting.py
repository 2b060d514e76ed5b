"""`course cards export`: the cards beside the lessons as an Anki package that can be imported again and again.

A note's GUID comes from its lesson and its card's id, so that a card is one card in every package that holds it. Its
time of change is that of the lesson's cards.yaml: Anki then takes over a text that was mended.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import genanki

from course.authoring import cards
from course.authoring.cards import Card
from course.authoring.problems import LessonError
from course.cards import notetypes
from course.cards.markup import Text, literal, read
from course.cards.package import Memory, PackedNote, package
from course.cards.rendering import field_of
from course.errors import CourseError
from course.folder import CourseFolder
from course.whole import write_whole

ROOT_DECK = "clozegrad"
FILE_NAME = "cards.apkg"


@dataclass(frozen=True)
class Exported:
    """The file that was written, and how many notes of each lesson are in it."""

    path: Path
    counts: dict[str, int]


def export(folder: CourseFolder, lessons: Sequence[str] = (), out: Path | None = None) -> Exported:
    """Write the cards of these lessons (default: all) as one package; CourseError when there are none."""
    names = _chosen(folder, lessons)
    path = out or Path(FILE_NAME)
    if path.is_dir():
        raise CourseError(f"{path} is a folder: name a file with --out, such as {path / FILE_NAME}")
    notes = {name: notes_of(folder.lessons / name / "cards.yaml") for name in names}
    if lessons and (bare := [name for name in names if not notes[name]]):
        raise CourseError(f"{', '.join(bare)} has no cards: write them into {folder.lessons / bare[0] / 'cards.yaml'}")
    found = [note for name in names for note in notes[name]]
    if not found:
        raise CourseError(f"no lesson in {folder.lessons} has cards: write them into lessons/NN_topic/cards.yaml")
    made = datetime.fromtimestamp(max(note.modified_s for note in found), UTC)
    try:
        write_whole(path, package(found, made))
    except OSError as error:
        raise CourseError(f"{path} cannot be written: {error.strerror}") from error
    return Exported(path, {name: len(notes[name]) for name in names if notes[name]})


def notes_of(path: Path) -> list[PackedNote]:
    """The notes of a cards.yaml, none where there is no file; LessonError names each card that is not right."""
    own, problems = cards.read(path)
    if problems:
        raise LessonError(list(problems))
    return [note_of(path, card) for card in own]


def note_of(path: Path, card: Card, memory: Memory | None = None) -> PackedNote:
    """The note of one card of a lesson's cards.yaml; CourseError for a cloze in which nothing is hidden."""
    lesson = path.parent.name
    front, back = sides(path, card)
    return PackedNote(
        model=notetypes.cloze() if card.cloze else notetypes.basic(),
        guid=genanki.guid_for(ROOT_DECK, lesson, card.id),
        fields=(field_of(front), *([] if back is None else [field_of(back)]), _source(lesson, card)),
        tags=(f"{ROOT_DECK}::{_tag(lesson)}", *dict.fromkeys(map(_tag, card.tags))),
        deck=f"{ROOT_DECK}::{lesson}",
        cards=tuple(number - 1 for number in front.numbers) if card.cloze else (0,),
        modified_s=int(path.stat().st_mtime),
        memory=memory,
    )


def sides(path: Path, card: Card) -> tuple[Text, Text | None]:
    """Front and back, or a cloze text alone; CourseError for a cloze in which nothing is hidden."""
    if not card.cloze:
        return read(card.front), read(card.back)
    text = read(card.cloze, cloze=True)
    if not text.numbers:
        raise CourseError(f"{path}:{card.line}: card {card.id}: no cloze can be read in it: write {{{{c1::answer}}}}")
    return text, None


def _chosen(folder: CourseFolder, lessons: Sequence[str]) -> list[str]:
    known = folder.lesson_names()
    if unknown := [name for name in lessons if name not in known]:
        raise CourseError(f"there is no lesson {', '.join(unknown)} in {folder.lessons}; it has {', '.join(known)}")
    return list(dict.fromkeys(lessons)) or known


def _source(lesson: str, card: Card) -> str:
    return field_of(read(literal(f"{lesson} · {card.id}")))


def _tag(text: str) -> str:
    """A tag as Anki knows it: without white space, which parts one tag from the next."""
    return re.sub(r'[\s"\x00-\x1f]+', "_", text)
