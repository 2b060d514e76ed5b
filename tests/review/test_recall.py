"""Which cards come back, how well they were known, and why."""

import dataclasses

import pytest
from fsrs import Rating

from course.authoring.lesson import Lesson
from course.errors import CourseError
from course.grading.verdict.model import CellVerdict
from course.review.recall import recalls, require_cards
from tests.review.conftest import Graded


def found(lesson: Lesson, *cells: CellVerdict, keep_right: bool = False) -> dict[str, str]:
    return {recall.card.id: recall.rating.name for recall in recalls(lesson, cells, keep_right=keep_right)}


def cell(name: str, earned: float | None, points: float) -> CellVerdict:
    return CellVerdict(f"{name}_tests", points, earned, "partial")


@pytest.mark.parametrize(
    ("twice", "area", "expected"),
    [
        (0, 1, {"sum": "Again", "both": "Again"}),
        (1, 1, {"sum": "Hard", "both": "Hard"}),
        (1, 0, {"right": "Again", "both": "Again", "sum": "Hard"}),
        (3, 0.5, {"right": "Hard", "both": "Hard"}),
        (3, 1, {}),
    ],
)
def test_a_card_takes_the_worst_rating_of_its_exercises_and_the_worst_come_first(
    lesson: Lesson, twice: float, area: float, expected: dict[str, str]
) -> None:
    ratings = found(lesson, cell("twice", twice, 3), cell("area", area, 1))
    assert list(ratings.items()) == list(expected.items())


def test_what_was_right_is_kept_where_that_is_asked_for(lesson: Lesson) -> None:
    ratings = found(lesson, cell("twice", 1, 3), cell("area", 1, 1), keep_right=True)
    assert ratings == {"sum": "Hard", "both": "Hard", "right": "Good"}


def test_a_reason_names_the_exercise_and_of_each_failed_check_label_and_hint(lesson: Lesson, graded: Graded) -> None:
    recall = next(recall for recall in recalls(lesson, graded("ann", twice=1).cells) if recall.card.id == "both")
    (reason,) = recall.reasons
    assert (reason.exercise, reason.earned, reason.points, reason.rating) == ("twice", 1, 3, Rating.Hard)
    assert [(missed.label, missed.hint) for missed in reason.missed] == [
        ("any whole number", "What about numbers below zero?")
    ]


def test_a_cell_that_never_ended_says_so(lesson: Lesson) -> None:
    stopped = CellVerdict("twice_tests", 3, 0, "timeout")
    (recall, *_) = recalls(lesson, [stopped, cell("area", 1, 1)])
    assert "a loop that never ends" in recall.reasons[0].note


def test_an_exercise_that_was_not_graded_says_nothing_of_its_cards(lesson: Lesson) -> None:
    assert found(lesson, cell("area", 0, 1)) == {"right": "Again", "both": "Again"}
    with pytest.raises(CourseError, match="grade 01_tiny again"):
        recalls(lesson, [cell("another", 0, 1)])


def test_a_lesson_whose_exercises_name_no_card_is_refused(lesson: Lesson) -> None:
    bare = dataclasses.replace(lesson, exercises=tuple(dataclasses.replace(e, cards=()) for e in lesson.exercises))
    with pytest.raises(CourseError, match=r"no exercise names a card: write cards\.yaml"):
        require_cards(bare)
