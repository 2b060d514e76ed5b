"""Which attempt counts, under each policy."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from course.collect.dues import Dues
from course.collect.keeping import About, Attempt
from course.collect.policy import POLICIES, Policy, choose, in_order, policy_of
from course.errors import CourseError

DUE = datetime(2026, 1, 10, tzinfo=UTC)
DUES = Dues(DUE)


def attempts(*days: float | None, problems: Sequence[int] = (), late: Sequence[bool | None] = ()) -> list[Attempt]:
    """A student's attempts, numbered from 1, each so many days after the deadline; None for an unknown time."""
    made = []
    for number, day in enumerate(days, 1):
        time = None if day is None else DUE + timedelta(days=day)
        marked = late[number - 1] if late else None
        problem = "unreadable" if number in problems else ""
        made.append(
            Attempt("ann", Path(str(number)), About(number, "", str(number), time, late=marked, problem=problem))
        )
    return made


def chosen(policy: Policy, found: list[Attempt], dues: Dues = DUES, points: Sequence[float] = ()) -> int:
    return choose(found, policy, dues, lambda attempt: points[attempt.about.number - 1]).about.number


def test_order_is_that_of_the_times_and_of_collecting_where_one_is_not_known() -> None:
    assert [one.about.number for one in in_order(attempts(2, -1, 1))] == [2, 3, 1]
    assert [one.about.number for one in in_order(attempts(2, None, 1))] == [1, 2, 3]


def test_the_latest_and_the_first_are_those_whatever_was_due() -> None:
    found = attempts(-2, 3, -1)
    assert (chosen("latest", found), chosen("first", found)) == (2, 1)


def test_the_last_on_time_is_the_latest_before_the_deadline() -> None:
    assert chosen("last-on-time", attempts(-2, -1, 3)) == 2
    assert chosen("last-on-time", attempts(-2, 0, 3)) == 2


def test_where_all_are_late_the_latest_counts_unless_late_days_cover_one() -> None:
    found = attempts(1, 3, 5)
    assert chosen("last-on-time", found) == 3
    assert chosen("last-on-time", found, Dues(DUE, late_days_each=3)) == 2


def test_an_extension_makes_a_later_attempt_the_last_on_time() -> None:
    assert chosen("last-on-time", attempts(-2, 1, 3), Dues(DUE, {"ann": DUE + timedelta(days=2)})) == 2


def test_a_time_that_is_not_known_comes_after_those_on_time_and_before_the_late() -> None:
    assert chosen("last-on-time", attempts(None, 3)) == 1
    assert chosen("last-on-time", attempts(-1, None)) == 1
    assert chosen("last-on-time", attempts(None, None, late=[False, True])) == 1


def test_without_a_deadline_all_are_on_time() -> None:
    assert chosen("last-on-time", attempts(-1, 5), Dues()) == 2


def test_the_best_has_most_points_of_those_that_are_not_late() -> None:
    found = attempts(-3, -2, -1, 2)
    assert chosen("best", found, points=[3, 7, 5, 9]) == 2
    assert chosen("best", found, points=[7, 7, 5, 9]) == 2  # of equals the latest
    assert chosen("best", attempts(1, 2, 3), points=[3, 7, 5]) == 2


def test_the_best_spends_no_late_day_for_the_same_points() -> None:
    dues = Dues(DUE, late_days_each=2)
    assert chosen("best", attempts(-1, 1), dues, points=[7, 7]) == 1
    assert chosen("best", attempts(-1, 1), dues, points=[7, 8]) == 2


@pytest.mark.parametrize("policy", POLICIES)
def test_what_cannot_be_graded_counts_only_where_nothing_else_is(policy: Policy) -> None:
    points = [1.0, 2.0, 3.0]
    assert chosen(policy, attempts(-3, -2, -1, problems=[1, 3]), points=points) == 2
    assert chosen(policy, attempts(-3, -2, 4, problems=[1, 2]), points=points) == 3
    assert chosen(policy, attempts(-3, -2, problems=[1, 2]), points=[2, 1]) in (1, 2)


def test_points_are_asked_for_only_where_there_is_a_choice() -> None:
    def refuse(attempt: Attempt) -> float:
        raise AssertionError("asked")

    for found in (attempts(-1), attempts(-1, 5), attempts(-1, -2, problems=[2])):
        assert choose(found, "best", DUES, refuse).about.number == 1


def test_a_policy_that_there_is_not_is_named_with_those_that_there_are() -> None:
    assert [policy_of(name) for name in POLICIES] == list(POLICIES)
    with pytest.raises(CourseError, match="no policy 'newest': use one of latest, last-on-time, best, first"):
        policy_of("newest")
