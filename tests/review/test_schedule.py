"""What FSRS makes of one answer."""

from datetime import timedelta

import pytest
from fsrs import Rating

from course.review.schedule import scheduled
from tests.review.conftest import NOW


def test_what_was_missed_comes_first_then_what_was_half_known_and_what_was_known_days_later() -> None:
    again, hard, good = (scheduled(rating, NOW) for rating in (Rating.Again, Rating.Hard, Rating.Good))
    assert NOW < again.due < hard.due < NOW + timedelta(hours=1)
    assert (again.interval_days, hard.interval_days) == (0, 0)
    assert good.due == NOW + timedelta(days=good.interval_days)
    assert good.interval_days >= 1


def test_memory_is_what_fsrs_publishes_for_a_first_answer() -> None:
    """The first three parameters of FSRS-6 are the stability in days after Again, Hard and Good."""
    found = [scheduled(rating, NOW) for rating in (Rating.Again, Rating.Hard, Rating.Good)]
    assert [memory.stability for memory in found] == pytest.approx([0.212, 1.2931, 2.3065])
    assert found[0].difficulty == pytest.approx(6.4133)
    assert found[0].difficulty > found[1].difficulty > found[2].difficulty >= 1


@pytest.mark.parametrize("rating", [Rating.Again, Rating.Hard, Rating.Good])
def test_nothing_is_left_to_chance(rating: Rating) -> None:
    assert scheduled(rating, NOW) == scheduled(rating, NOW)
