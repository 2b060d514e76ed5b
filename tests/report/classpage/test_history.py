"""What changed since the last report."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from course.errors import CourseError
from course.report.classpage import history
from course.report.classpage.items import items
from tests.report.classpage.classes import hand_in, right, wrong

WHEN = datetime(2026, 1, 31, 12, tzinfo=UTC)


def test_points_and_shares_that_moved_are_named(tmp_path: Path) -> None:
    before = [hand_in("a", wrong()), hand_in("b", right()), hand_in("gone", right())]
    after = [hand_in("a", right()), hand_in("b", right()), hand_in("new", wrong())]
    kept = tmp_path / "01.json"
    kept.write_text(history.text_of(history.now(before, items(before), WHEN)))
    past = history.read(kept)
    assert past
    change = history.change(past, history.now(after, items([*after, hand_in("x", wrong())]), WHEN))
    assert change.since == WHEN
    assert [(one.name, one.before, one.after) for one in change.students] == [
        ("a", 1.0, 2.0),
        ("gone", 2.0, None),
        ("new", None, 1.0),
    ]
    assert [one.name for one in change.exercises] == ["norm"]


def test_nothing_changed_where_nothing_did() -> None:
    hand_ins = [hand_in("a", wrong())]
    now = history.now(hand_ins, items(hand_ins), WHEN)
    change = history.change(now, now)
    assert (change.students, change.exercises) == ((), ())


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"schema": "clozegrad report", "version": 2}'])
def test_a_damaged_record_names_the_way_out(tmp_path: Path, text: str) -> None:
    (tmp_path / "01.json").write_text(text)
    with pytest.raises(CourseError, match=r"is damaged .* delete it"):
        history.read(tmp_path / "01.json")


def test_the_first_report_has_nothing_to_compare_with(tmp_path: Path) -> None:
    assert history.read(tmp_path / "01.json") is None
