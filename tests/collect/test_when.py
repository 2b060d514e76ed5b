"""Times as people and platforms write them, in UTC."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from course.collect import when
from course.errors import CourseError

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 1, 2, 11, 0, tzinfo=UTC)  # in Berlin


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-02 12:00",
        "2026-01-02T12:00:00",
        "2026-01-02T11:00Z",
        "2026-01-02 11:00:00 UTC",
        "2026-01-02T06:00-05:00",
        "Friday, 2 January 2026, 12:00 PM",
        "Friday, January 2, 2026, 12:00 PM",
        "Friday, 2 Jan 2026, 12:00 PM",
        "2 January 2026, 12:00",
        "2026-01-02-12-00-00",
        "20260102120000",
    ],
)
def test_a_time_is_read_however_it_is_written(text: str) -> None:
    assert when.moment(text, BERLIN) == NOON


@pytest.mark.parametrize("text", ["", "-", "soon", "32 January 2026, 12:00", "2026-13-01", "Friday"])
def test_what_is_no_time_is_none(text: str) -> None:
    assert when.moment(text, BERLIN) is None
    assert when.deadline(text, BERLIN) is None


def test_a_day_alone_means_its_end_also_where_clocks_change() -> None:
    assert when.deadline("2026-01-02", BERLIN) == datetime(2026, 1, 2, 22, 59, 59, tzinfo=UTC)
    assert when.deadline("2026-03-29", BERLIN) == datetime(2026, 3, 29, 21, 59, 59, tzinfo=UTC)
    assert when.deadline("2026-01-02 12:00", BERLIN) == NOON


def test_a_time_without_a_zone_is_that_of_this_machine_where_none_is_named() -> None:
    here = datetime(2026, 1, 2, 12, 0).astimezone()
    assert when.moment("2026-01-02 12:00", when.zone(None)) == here


def test_a_zone_that_there_is_not_is_named() -> None:
    assert when.zone("Europe/Berlin") == BERLIN
    for name in ("Mars/Base", "../etc/passwd", ""):
        with pytest.raises(CourseError, match="Europe/Berlin"):
            when.zone(name)


@pytest.mark.parametrize(
    ("text", "hours"),
    [("2 days", 48), ("2d", 48), ("1 week", 168), ("36h", 36), ("90 min", 1.5), ("1,5", 36), ("+3 Hours", 3), ("0", 0)],
)
def test_a_length_of_time_has_a_unit_or_is_in_days(text: str, hours: float) -> None:
    assert when.duration(text) == timedelta(hours=hours)


@pytest.mark.parametrize("text", ["", "two days", "-1 day", "2026-01-02", "1 day 2 h"])
def test_what_is_no_length_is_none(text: str) -> None:
    assert when.duration(text) is None


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (3_660, "1 h 1 min"),
        (86_400, "1 d"),
        (90_061, "1 d 1 h"),
        (86_460, "1 d 1 min"),
    ],
)
def test_a_length_is_said_in_its_two_largest_units(seconds: float, text: str) -> None:
    assert when.said(seconds) == text
    assert when.said(timedelta(seconds=seconds)) == text
