"""The deck of 1,100 notes, 150 of them code with 650 blanks."""

from pathlib import Path

import pytest

from course.authoring.lesson import Lesson
from course.cards.deck import Deck
from course.cards.reading import read_deck
from course.cloze import markup
from tests.cards.decks import BIG_BLANKS, BIG_CODE_NOTES, BIG_NOTES, big_deck
from tests.cards.importing.import_fixture import answered, lesson_of, released, score


@pytest.fixture(scope="module")
def deck(tmp_path_factory: pytest.TempPathFactory) -> Deck:
    return read_deck(big_deck(tmp_path_factory.mktemp("deck") / "big.txt"))


@pytest.fixture(scope="module")
def lesson(deck: Deck, tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    return lesson_of(tmp_path_factory.mktemp("course"), deck)


def test_every_blank_is_recovered(deck: Deck, lesson: Lesson) -> None:
    answers = [[blank.answer for blank in note.code_blanks] for note in deck.notes if note.code_blanks]
    kept = [[blank.answer for blank in markup.blanks(each.solution.pieces)] for each in lesson.exercises]
    assert kept == answers
    assert (len(kept), sum(map(len, kept))) == (BIG_CODE_NOTES, BIG_BLANKS)
    assert lesson.points == BIG_BLANKS
    assert len(lesson.cards) == BIG_NOTES


def test_the_decks_answers_earn_all(lesson: Lesson) -> None:
    assert score(lesson, {each.name: each.solution.source for each in lesson.exercises}) == BIG_BLANKS


def test_empty_blanks_earn_nothing(lesson: Lesson) -> None:
    assert score(lesson, released(lesson)) == 0


def test_half_of_the_blanks_earn_half(lesson: Lesson) -> None:
    sources, number = {}, 0
    for exercise in lesson.exercises:
        answers = []
        for blank in markup.blanks(exercise.solution.pieces):
            answers.append(blank.answer if number % 2 else markup.UNFILLED)
            number += 1
        sources[exercise.name] = answered(lesson, exercise.name, answers)
    assert score(lesson, sources) == BIG_BLANKS / 2


def test_the_same_deck_gives_the_same_bytes(deck: Deck, lesson: Lesson, tmp_path: Path) -> None:
    again = lesson_of(tmp_path, deck)
    for file in ("lesson.py", "cards.yaml"):
        assert (again.path.parent / file).read_bytes() == (lesson.path.parent / file).read_bytes()
