"""How a hand-in stands to what was due."""

from datetime import UTC, datetime, timedelta

import pytest

from course.collect.dues import Dues, Standing, standing

DUE = datetime(2026, 1, 10, tzinfo=UTC)
DAY_S = 86_400.0


def stands(days: float | None, dues: Dues, late: bool | None = None) -> Standing:
    return standing("ann", None if days is None else DUE + timedelta(days=days), late, dues)


def test_a_hand_in_is_on_time_to_the_second() -> None:
    assert stands(0, Dues(DUE)) == Standing("on time", 0.0)
    assert stands(1 / DAY_S, Dues(DUE)) == Standing("late", 1.0)


def test_an_extension_counts_for_its_student_alone() -> None:
    dues = Dues(DUE, {"ann": DUE + timedelta(days=2)})
    assert stands(1, dues) == Standing("extended", 0.0)
    assert stands(-1, dues) == Standing("on time", 0.0)
    assert stands(3, dues) == Standing("late", DAY_S)
    assert standing("bob", DUE + timedelta(days=1), None, dues) == Standing("late", DAY_S)
    assert (dues.extension("ann"), dues.extension("bob")) == (timedelta(days=2), timedelta())


@pytest.mark.parametrize(("days", "used"), [(0.001, 1), (1, 1), (1.001, 2), (2, 2)])
def test_late_days_are_whole_and_cover_all_or_nothing(days: float, used: int) -> None:
    assert stands(days, Dues(DUE, late_days_each=2)) == Standing("late days", days * DAY_S, used)
    assert stands(days, Dues(DUE, late_days_each=used - 1)) == Standing("late", days * DAY_S)


def test_late_days_that_went_on_other_lessons_are_gone() -> None:
    dues = Dues(DUE, late_days={"bob": 1}, late_days_each=3, spent={"ann": 2, "bob": 4})
    assert (dues.left("ann"), dues.left("bob"), dues.left("eve")) == (1, 0, 3)
    assert stands(1, dues).status == "late days"
    assert stands(2, dues).status == "late"


def test_late_days_follow_after_an_extension() -> None:
    dues = Dues(DUE, {"ann": DUE + timedelta(days=2)}, late_days_each=1)
    assert stands(2.5, dues) == Standing("late days", DAY_S / 2, 1)


def test_without_a_time_the_platforms_word_counts() -> None:
    assert stands(None, Dues(DUE)) == Standing("time unknown")
    assert stands(None, Dues(DUE), late=True) == Standing("late", None, by_platform=True)
    assert stands(None, Dues(DUE), late=False) == Standing("on time", 0.0, by_platform=True)
    assert stands(1, Dues(DUE), late=False) == Standing("late", DAY_S)


def test_without_a_deadline_nobody_is_late() -> None:
    assert stands(5, Dues()) == Standing("handed in")
    assert stands(None, Dues()) == Standing("handed in")
    assert stands(5, Dues(), late=True) == Standing("late", None, by_platform=True)
