"""Difficulty and discrimination, against numpy and by hand."""

import numpy as np
import pytest

from course.report.classpage.items import correlation, items
from tests.report.classpage.classes import Answered, answered, check, class_of, ended, hand_in, right, wrong


def test_difficulty_is_the_share_of_points_that_the_class_earned() -> None:
    (item,) = items([hand_in("a", right()), hand_in("b", wrong()), hand_in("c", ended("blank")), hand_in("d", right())])
    assert item.share == pytest.approx((2 + 1 + 0 + 2) / 8)
    assert (item.full, item.part, item.none, item.blank) == (2, 1, 0, 1)


def test_a_check_that_a_test_did_not_come_to_earned_nothing() -> None:
    (item,) = items([hand_in("a", right()), hand_in("b", answered("norm", check("small"))), hand_in("c", right())])
    assert [(one.label, one.share) for one in item.checks] == [("small", 1.0), ("large", pytest.approx(2 / 3))]


def test_of_a_promise_the_share_that_kept_it_is_told() -> None:
    kept, broken = check("no trace", points=0), check("no trace", points=0, message="a global generator was used")
    (item,) = items([hand_in("a", answered("norm", kept)), hand_in("b", answered("norm", broken))])
    assert [(one.points, one.share) for one in item.checks] == [(0, 0.5)]


def test_discrimination_leaves_the_item_out_of_the_total() -> None:
    def exercises(number: int) -> tuple[Answered, ...]:
        return tuple(right(name) if number % every else wrong(name) for name, every in (("a", 2), ("b", 3), ("c", 4)))

    hand_ins = class_of(24, exercises)
    a, b, c = (np.array([one.exercises[name].cell.earned for one in hand_ins], float) for name in "abc")
    found = {item.name: item.discrimination for item in items(hand_ins)}
    assert found["a"] == pytest.approx(np.corrcoef(a, b + c)[0, 1])
    assert found["b"] == pytest.approx(np.corrcoef(b, a + c)[0, 1])
    checks = items(hand_ins)[0].checks
    assert checks[0].discrimination is None  # everybody passed it
    assert checks[1].discrimination == pytest.approx(np.corrcoef(a, b + c + 1)[0, 1])  # its other point is constant


def test_a_few_hand_ins_have_no_correlation() -> None:
    assert correlation([1.0, 2.0, 3.0], [1.0, 2.0, 3.0]) is None
    assert correlation([1.0] * 20, list(map(float, range(20)))) is None


def test_what_a_person_has_to_score_has_no_share_yet() -> None:
    (item,) = items([hand_in("a", ended("manual")), hand_in("b", ended("blank"))])
    assert (item.share, item.waiting, item.blank) == (None, 1, 1)


def test_a_file_that_could_not_be_read_says_nothing_of_the_exercises() -> None:
    (item,) = items([hand_in("a", right()), hand_in("b", ended("could not run", message="it is empty"))])
    assert item.share == 1.0
