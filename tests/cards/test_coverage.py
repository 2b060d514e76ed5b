from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from course.authoring.lesson import read
from course.cards.coverage import coverage, inventory, show_coverage
from course.errors import CourseError
from course.folder import CourseFolder
from tests.conftest import LESSON, TINY

CARDS = """
- id: twice
  front: What is twice?
  back: The sum with itself.
  inventory: [{blank}]
- id: sign
  front: Which sign?
  back: The same.
  inventory: [{other}, {blank2}]
"""
KNOWN = inventory()
BLANK, BLANK2 = [card for card in KNOWN if card.blanks and card.topic == "autograd/backprop"][:2]
OTHER = next(card for card in KNOWN if not card.blanks and card.topic == "autograd/backprop")


def lesson_with(tmp_path: Path, cards: str) -> CourseFolder:
    root = tmp_path.resolve()
    (root / "nbgrader_config.py").write_text("c = get_config()\n")
    folder = CourseFolder(root)
    (folder.lessons / TINY).mkdir(parents=True)
    text = LESSON.replace("difficulty 1/5 · 1 minutes\n#\n", "difficulty 1/5 · 1 minutes · cards: twice\n#\n", 1)
    (folder.lessons / TINY / "lesson.py").write_text(text, "utf-8")
    (folder.lessons / TINY / "cards.yaml").write_text(cards, "utf-8")
    return folder


def test_the_inventory_is_whole() -> None:
    assert len(KNOWN) == 1125
    assert [card.number for card in KNOWN] == list(range(1125))
    assert sum(bool(card.blanks) for card in KNOWN) == 152
    assert sum(card.blanks for card in KNOWN) == 652


def test_an_exercise_mirrors_the_cards_that_its_heading_names(tmp_path: Path) -> None:
    folder = lesson_with(tmp_path, CARDS.format(blank=BLANK.number, blank2=BLANK2.number, other=OTHER.number))
    found = coverage([read(folder.lessons / TINY)])
    assert found.exercises == {BLANK.number: (f"{TINY} twice",)}
    assert found.cards == {OTHER.number: (f"{TINY} #sign",), BLANK2.number: (f"{TINY} #sign",)}
    missing = found.missing("autograd/backprop")
    assert BLANK not in missing
    assert OTHER not in missing
    assert BLANK2 in missing  # a card of ours is not enough where code is to be filled in


def test_the_command_counts_by_topic_and_lists_what_is_missing(tmp_path: Path) -> None:
    folder = lesson_with(tmp_path, CARDS.format(blank=BLANK.number, blank2=BLANK2.number, other=OTHER.number))
    screen = StringIO()
    show_coverage(folder, "autograd/backprop", Console(file=screen, width=160))
    assert BLANK2.fact in screen.getvalue()
    assert BLANK.fact not in screen.getvalue()


def test_a_number_that_the_inventory_has_not_is_named_with_its_line(tmp_path: Path) -> None:
    folder = lesson_with(tmp_path, CARDS.format(blank=99999, blank2=BLANK2.number, other=OTHER.number))
    with pytest.raises(CourseError, match=r"cards\.yaml:2: card twice: the inventory has no card 99999"):
        coverage([read(folder.lessons / TINY)])


def test_an_unknown_topic_names_those_that_there_are(tmp_path: Path) -> None:
    folder = lesson_with(tmp_path, CARDS.format(blank=BLANK.number, blank2=BLANK2.number, other=OTHER.number))
    with pytest.raises(CourseError, match=r"no topic 'cooking'; it has .*linear algebra"):
        show_coverage(folder, "cooking")
