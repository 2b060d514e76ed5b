"""Attempts are kept whole, once, and never changed."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from course.collect.keeping import About, Attempt, Kept, sums, write
from course.collect.parcel import Refusal
from course.errors import CourseError


def day(number: int) -> datetime:
    return datetime(2026, 1, number, tzinfo=UTC)


def keep(kept: Kept, sent: str, time: datetime | None = None, student: str = "ann") -> Attempt:
    about = About(0, "m.zip: Ann", sent, time, "platform" if time else "")

    def fill(folder: Path) -> None:
        (folder / "ps1.ipynb").write_text(sent)

    return kept.keep(student, about, fill, lambda attempt: attempt.about)


def test_an_attempt_is_read_back_as_it_was_kept(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    about = About(
        0, "m.zip: Ann", "abcdef0123", day(2), "platform", True, "fedc", {"ps1": "x.ipynb"}, "unreadable", "verified",
        (Refusal("a.exe", "is a program"),), ("a note",), "sorry", (3.5, "edition"),
    )  # fmt: skip
    made = kept.keep("ann", about, lambda folder: None, lambda attempt: attempt.about)
    assert made.folder == tmp_path / "attempts/ann/001_2026-01-02T000000Z_abcdef01"
    assert Kept(tmp_path).of("ann") == [made]
    assert Kept(tmp_path).students() == ["ann"]
    assert made.about.number == 1


def test_attempts_are_numbered_as_they_come(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    keep(kept, "one", day(3))
    keep(kept, "two")
    keep(Kept(tmp_path), "three", day(1))
    names = [attempt.folder.name for attempt in Kept(tmp_path).of("ann")]
    assert names == ["001_2026-01-03T000000Z_one", "002_no-time_two", "003_2026-01-01T000000Z_three"]
    assert (tmp_path / "attempts/ann" / names[1] / "files/ps1.ipynb").read_text() == "two"


def test_an_attempt_that_cannot_be_kept_whole_leaves_nothing(tmp_path: Path) -> None:
    def fill(folder: Path) -> None:
        (folder / "half").write_text("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        Kept(tmp_path).keep("ann", About(0, "", "x"), fill, lambda attempt: attempt.about)
    assert list(tmp_path.rglob("*")) == []


def test_what_a_killed_command_left_is_cleared_away(tmp_path: Path) -> None:
    keep(Kept(tmp_path), "one")
    (tmp_path / ".writing-abc/files").mkdir(parents=True)
    Kept(tmp_path).clear()
    assert [path.name for path in tmp_path.iterdir()] == ["attempts"]


def test_the_same_again_is_known(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    first, second = keep(kept, "one", day(1)), keep(kept, "two", day(2))
    assert kept.known("ann", "one", day(1)) == first
    assert kept.known("ann", "one", None) == first  # a platform that tells no time
    assert kept.known("ann", "two", day(5)) == second  # handed in once more, with nothing in between
    assert kept.known("ann", "one", day(5)) is None  # the student went back to it
    assert kept.known("ann", "two", datetime(2025, 12, 31, tzinfo=UTC)) is None
    assert kept.known("bob", "one", day(1)) is None


def test_the_same_found_earlier_gives_an_attempt_its_earlier_time(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    keep(kept, "one", day(3))
    found = kept.known("ann", "one", day(2))
    assert found is not None
    kept.dated(found, day(2), "platform")
    (attempt,) = Kept(tmp_path).of("ann")
    assert (attempt.about.time, attempt.folder.name) == (day(2), "001_2026-01-02T000000Z_one")
    assert kept.dated(attempt, day(4), "platform") == attempt
    assert kept.dated(attempt, None, "") == attempt


def test_a_time_that_is_learnt_later_is_written_down(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    keep(kept, "one")
    found = kept.known("ann", "one", day(2))
    assert found is not None
    kept.dated(found, day(2), "table")
    (attempt,) = Kept(tmp_path).of("ann")
    assert (attempt.about.time, attempt.about.clock) == (day(2), "table")


def test_nothing_is_changed_where_new_attempts_go_elsewhere(tmp_path: Path) -> None:
    keep(Kept(tmp_path / "real"), "one")
    before = sorted(path.name for path in (tmp_path / "real").rglob("*"))
    kept = Kept(tmp_path / "real", tmp_path / "scratch")
    kept.dated(kept.of("ann")[0], day(2), "table")
    keep(kept, "two", day(3))
    assert [attempt.about.time for attempt in kept.of("ann")] == [day(2), day(3)]
    assert sorted(path.name for path in (tmp_path / "real").rglob("*")) == before
    (attempt,) = Kept(tmp_path / "real").of("ann")
    assert attempt.about.time is None


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"number": 1}', "{"])
def test_a_broken_record_is_named_with_the_way_out(tmp_path: Path, text: str) -> None:
    attempt = keep(Kept(tmp_path), "one")
    (attempt.folder / "about.json").write_text(text)
    with pytest.raises(
        CourseError, match=r"about\.json cannot be read .*: mend it, or move .*001_no-time_one elsewhere"
    ):
        Kept(tmp_path).of("ann")


def test_fields_of_a_later_version_are_passed_over(tmp_path: Path) -> None:
    attempt = keep(Kept(tmp_path), "one")
    path = attempt.folder / "about.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "mood": "good"}))
    assert Kept(tmp_path).of("ann") == [attempt]


def test_sums_see_every_file_and_where_links_lead_but_for_the_date(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/a").write_text("a")
    (tmp_path / "timestamp.txt").write_text("2026")
    (tmp_path / "link").symlink_to("/etc/passwd")
    (tmp_path / "folder").symlink_to("sub")
    found = sums(tmp_path)
    assert found.keys() == {"sub/a", "link", "folder"}
    assert found["link"] == "link to /etc/passwd"
    (tmp_path / "sub/a").write_text("b")
    assert sums(tmp_path)["sub/a"] != found["sub/a"]


def test_a_file_is_replaced_only_where_its_text_is_another(tmp_path: Path) -> None:
    path = tmp_path / "new/a.json"
    write(path, "one")
    before = path.stat()
    write(path, "one")
    assert path.stat() == before
    write(path, "two")
    assert path.read_text() == "two"
    assert [one.name for one in path.parent.iterdir()] == ["a.json"]
