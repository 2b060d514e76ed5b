"""Extensions, late days and times as an instructor's tables give them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from course.collect import extensions, roster
from course.errors import CourseError
from tests.collect import samples
from tests.collect.samples import ADA, ALAN, CLASS, GRACE

DUE = datetime(2026, 1, 10, 23, 59, 59, tzinfo=UTC)


@pytest.fixture
def known(tmp_path: Path) -> roster.Roster:
    path = tmp_path / "roster.csv"
    path.write_text(samples.roster(CLASS), "utf-8")
    return roster.read(path)


def given(tmp_path: Path, text: str, known: roster.Roster, lesson: str = "ps1") -> extensions.Extensions:
    (tmp_path / "extensions.csv").write_text(text, "utf-8")
    return extensions.in_file(tmp_path / "extensions.csv", known.people, lesson, UTC)


def test_an_extension_is_a_length_or_a_time_for_whoever_a_row_names(tmp_path: Path, known: roster.Roster) -> None:
    text = 'student,extension\nalovelace,2 days\n"Turing, Alan",2026-01-15\nghopper@uni.example,36h\n'
    assert given(tmp_path, text, known).until(DUE) == {
        ADA.id: DUE + timedelta(days=2),
        ALAN.id: datetime(2026, 1, 15, 23, 59, 59, tzinfo=UTC),
        GRACE.id: DUE + timedelta(hours=36),
    }


def test_a_row_may_be_for_one_lesson_or_for_all(tmp_path: Path, known: roster.Roster) -> None:
    text = "lesson,student_id,until\nps1,alovelace,1\nps2,alovelace,9\n,aturing,3\nall,ghopper,4\n"
    found = given(tmp_path, text, known)
    assert {student: length.days for student, length in found.lengths.items()} == {ADA.id: 1, ALAN.id: 3, GRACE.id: 4}


def test_late_days_are_whole_numbers(tmp_path: Path, known: roster.Roster) -> None:
    assert given(tmp_path, "id,late days\nalovelace,3\naturing,0\n", known).late_days == {ADA.id: 3, ALAN.id: 0}
    with pytest.raises(CourseError, match=r"line 2: '1\.5' late days: write a whole number"):
        given(tmp_path, "id,late days\nalovelace,1.5\n", known)


def test_the_roster_may_have_them_for_all_lessons_and_for_one(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_text("id,extension,extension ps1,slip days\nann,1 day,,2\nbob,1 day,5 days,\neve,,,\n")
    found = extensions.in_roster(roster.read(path), "ps1", UTC)
    assert {student: length.days for student, length in found.lengths.items()} == {"ann": 1, "bob": 5}
    assert found.late_days == {"ann": 2}
    other = extensions.in_roster(roster.read(path), "ps2", UTC)
    assert {student: length.days for student, length in other.lengths.items()} == {"ann": 1, "bob": 1}


def test_a_table_of_their_own_counts_before_the_roster(tmp_path: Path, known: roster.Roster) -> None:
    own = given(tmp_path, "id,extension,late days\nalovelace,2026-02-01,\n", known)
    base = extensions.Extensions({ADA.id: timedelta(days=1), ALAN.id: timedelta(days=2)}, {}, {ADA.id: 4}, {})
    assert own.over(base).until(DUE) == {
        ADA.id: datetime(2026, 2, 1, 23, 59, 59, tzinfo=UTC),
        ALAN.id: DUE + timedelta(days=2),
    }
    assert own.over(base).late_days == {ADA.id: 4}


BAD = {
    "id,extension\nalovelace,soon\n": "line 2: the extension 'soon' is no time and no length: 2026-01-31 18:00, 2 days",
    "id,extension\nalan,1 day\n": "line 2: not in the roster: name the student by their id",
    "name,extension\nAda Lovlace,1 day\n": "line 2: not in the roster; nearly: alovelace (Ada Lovelace): name the",
}


@pytest.mark.parametrize("text", BAD)
def test_a_row_that_cannot_be_meant_is_named(tmp_path: Path, known: roster.Roster, text: str) -> None:
    with pytest.raises(CourseError) as error:
        given(tmp_path, text, known)
    assert str(error.value).startswith(f"{tmp_path / 'extensions.csv'}, {BAD[text]}")


def test_an_extension_before_the_deadline_or_without_one_is_refused(tmp_path: Path, known: roster.Roster) -> None:
    found = given(tmp_path, "id,extension\nalovelace,2026-01-01\n", known)
    with pytest.raises(
        CourseError, match="line 2: alovelace's extension ends 2026-01-01 23:59 UTC, before the deadline"
    ):
        found.until(DUE)
    assert found.until(None) == {ADA.id: datetime(2026, 1, 1, 23, 59, 59, tzinfo=UTC)}
    with pytest.raises(
        CourseError, match="line 2 gives an extension, but there is no deadline: give one with --deadline"
    ):
        given(tmp_path, "id,extension\nalovelace,1 day\n", known).until(None)


def test_times_come_from_moodles_worksheet_with_the_participants_numbers(tmp_path: Path, known: roster.Roster) -> None:
    path = tmp_path / "grades.csv"
    written = {ADA: "Friday, 2 January 2026, 10:11 AM", ALAN: "freitags"}
    path.write_text(samples.worksheet(CLASS, written), "utf-8")
    found = extensions.times(path, known.people, UTC)
    assert found.by_student == {ADA.id: datetime(2026, 1, 2, 10, 11, tzinfo=UTC)}
    assert ("participant", "70101") in found.ids[ADA.id]
    assert found.odd == (f"{path}, line 3: the time 'freitags' cannot be read: write it as 2026-01-31 23:59",)


def test_a_table_without_times_is_named(tmp_path: Path, known: roster.Roster) -> None:
    (tmp_path / "t.csv").write_text("id,colour\nalovelace,blue\n")
    with pytest.raises(CourseError, match=r"no column of times, such as .*: it has id, colour"):
        extensions.times(tmp_path / "t.csv", known.people, UTC)
