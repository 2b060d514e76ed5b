"""`course cards coverage`: which cards of the inventory an exercise mirrors, or a card of ours, or nothing yet.

The inventory lists the facts of a deck that the course set out to cover, a row a card: its number, topic, whether it
has code blanks and how many, and the fact in one line. A lesson's cards.yaml says by number which of them a card
mirrors; a card that an exercise's heading names is mirrored by doing that exercise.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from course.authoring.lesson import Lesson, read
from course.errors import CourseError
from course.folder import CourseFolder
from course.report.screen import wide_console


@dataclass(frozen=True)
class InventoryCard:
    """One card of the inventory."""

    number: int
    topic: str
    blanks: int
    fact: str


@dataclass(frozen=True)
class Coverage:
    """What mirrors each inventory card: such as `05_sgd step` (an exercise) or `05_sgd #step` (a card)."""

    inventory: tuple[InventoryCard, ...]
    exercises: dict[int, tuple[str, ...]]
    cards: dict[int, tuple[str, ...]]

    @cached_property
    def topics(self) -> tuple[str, ...]:
        return tuple(sorted({card.topic for card in self.inventory}))

    def missing(self, topic: str | None = None, *, blanks: bool | None = None) -> list[InventoryCard]:
        """Cards with code blanks that no exercise mirrors, and other cards that nothing mirrors."""
        return [
            card
            for card in self.inventory
            if topic in (None, card.topic)
            and blanks in (None, bool(card.blanks))
            and card.number not in self.exercises
            and (card.blanks or card.number not in self.cards)
        ]


def inventory() -> tuple[InventoryCard, ...]:
    """The inventory that comes with the package."""
    rows = files("course.cards").joinpath("inventory.tsv").read_text("utf-8").splitlines()
    return tuple(
        InventoryCard(int(row["index"]), row["topic"], int(row["n_blanks"]), row["gist"])
        for row in csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE)
    )


def coverage(lessons: Iterable[Lesson]) -> Coverage:
    """What the lessons mirror; CourseError when one claims a card that the inventory does not contain."""
    known = inventory()
    numbers = {card.number for card in known}
    exercises: dict[int, tuple[str, ...]] = {}
    cards: dict[int, tuple[str, ...]] = {}
    for lesson in lessons:
        for card in lesson.cards:
            doing = [exercise.name for exercise in lesson.exercises if card.id in exercise.cards]
            for number in card.inventory:
                if number not in numbers:
                    place = lesson.folder / "cards.yaml"
                    raise CourseError(f"{place}:{card.line}: card {card.id}: the inventory has no card {number}")
                found = tuple(f"{lesson.name} {name}" for name in doing)
                if found:
                    exercises[number] = exercises.get(number, ()) + found
                else:
                    cards[number] = (*cards.get(number, ()), f"{lesson.name} #{card.id}")
    return Coverage(known, exercises, cards)


def show_coverage(folder: CourseFolder, topic: str | None = None, console: Console | None = None) -> None:
    """Print the counts by topic, then what is missing: with code blanks, or of one topic everything."""
    console = console or wide_console()
    found = coverage(read(folder.lessons / name) for name in folder.lesson_names())
    if topic is not None and topic not in found.topics:
        raise CourseError(f"the inventory has no topic {topic!r}; it has {', '.join(found.topics)}")
    topics = found.topics if topic is None else (topic,)
    table = Table("topic", box=box.SIMPLE)
    for head in ("with blanks", "by an exercise", "missing", "others", "by an exercise", "by a card", "missing"):
        table.add_column(head, justify="right")
    for name in topics:
        table.add_row(name, *_counts(found, name))
    console.print(table)
    missing = found.missing(topic, blanks=True if topic is None else None)
    kind = "cards with code blanks" if topic is None else "cards"
    if not missing:
        console.print(f"all {kind} are mirrored")
        return
    console.print(f"{len(missing)} {kind} are not mirrored yet:")
    for card in missing:
        blanks = f" ({card.blanks} blanks)" if card.blanks else ""
        console.print(Text(f"{card.number:>5}  {card.topic}: {card.fact}{blanks}"), soft_wrap=True)


def _counts(found: Coverage, topic: str) -> list[str]:
    counts = []
    for blanks in (True, False):
        cards = [card for card in found.inventory if card.topic == topic and bool(card.blanks) == blanks]
        done = sum(card.number in found.exercises for card in cards)
        ours = sum(card.number in found.cards and card.number not in found.exercises for card in cards)
        missing = len(found.missing(topic, blanks=blanks))
        counts += [len(cards), done, missing] if blanks else [len(cards), done, ours, missing]
    return [str(count or "") for count in counts]
