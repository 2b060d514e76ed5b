"""`course collect` from end to end: every attempt kept, the right one laid out, everybody accounted for."""

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from course.collect import outcome
from course.collect.asked import Wanted
from course.collect.outcome import Collected, Line
from course.collect.run import collect
from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.adapters.converter import own_tools
from course.handin import receipt
from course.handin.handing_in import hand_in
from tests.collect import samples
from tests.collect.samples import ADA, ALAN, CLASS, GRACE, JOSE, Person, at, work
from tests.grading.notebooks import code, notebook, raw

ZONE = "UTC"


@pytest.fixture
def folder(tmp_path: Path) -> CourseFolder:
    return samples.a_course(tmp_path / "course")


def collected(folder: CourseFolder, *paths: Path, **wanted: Any) -> Collected:
    return collect(folder, "ps1", paths, Wanted(**{"zone": ZONE, **wanted}))


def lines(found: Collected) -> dict[str, Line]:
    return {line.student: line for line in found.lines}


def laid_out(folder: CourseFolder, person: Person | str) -> dict[str, bytes]:
    here = folder.submitted / (person if isinstance(person, str) else person.id) / "ps1"
    return {path.relative_to(here).as_posix(): path.read_bytes() for path in sorted(here.rglob("*")) if path.is_file()}


def attempts(folder: CourseFolder, person: Person) -> list[Path]:
    return sorted((folder.collected / "ps1/attempts" / person.id).glob("*"))


def everything(root: Path) -> dict[str, tuple[bytes, int]]:
    """Every file and folder below, with its content and when it was changed."""
    paths = (path for path in sorted(root.rglob("*")))
    return {
        path.relative_to(root).as_posix(): (path.read_bytes() if path.is_file() else b"", path.lstat().st_mtime_ns)
        for path in paths
    }


FILES = {"norms.ipynb": work(), "a.csv": b"1"}
TIME = "2026-01-02-10-11-12"
SHAPES = {
    "moodle": lambda root: samples.moodle({ADA: FILES}, root / "m.zip"),
    "moodle flat": lambda root: samples.moodle({ADA: FILES}, root / "m.zip", folders=False),
    "canvas": lambda root: samples.canvas({ADA: FILES}, root / "c.zip"),
    "blackboard": lambda root: samples.blackboard([(ADA, TIME, FILES)], root / "b.zip"),
    "classroom": lambda root: samples.drive({ADA: FILES}, root / "d.zip"),
    "github": lambda root: samples.clone(root / "ps1-submissions/ps1-alovelace", [(at(2), FILES)]).parent,
    "nbgrader": lambda root: samples.inbound([(ADA, "2026-01-02 10:11:12.123456 UTC", FILES)], root),
}
TIMES = {
    "blackboard": "2026-01-02 10:11:12.000000 UTC\n",
    "github": "2026-01-02 12:00:00.000000 UTC\n",
    "nbgrader": "2026-01-02 10:11:12.123456 UTC\n",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_what_each_platform_hands_over_arrives_whole_and_dated(
    folder: CourseFolder, tmp_path: Path, shape: str
) -> None:
    found = collected(folder, SHAPES[shape](tmp_path))
    dated = {"timestamp.txt": TIMES[shape].encode()} if shape in TIMES else {}
    assert laid_out(folder, ADA) == {**FILES, **dated}
    assert [(line.student, line.status) for line in found.lines] == [
        (ADA.id, "on time" if shape == "canvas" else "handed in"),
        *((person.id, "missing") for person in (ALAN, GRACE, JOSE)),
    ]
    assert (found.new, found.placed, found.strays, found.is_whole) == (1, 1, (), True)


@pytest.mark.parametrize("shape", SHAPES)
def test_collecting_twice_changes_nothing(folder: CourseFolder, tmp_path: Path, shape: str) -> None:
    path = SHAPES[shape](tmp_path)
    collected(folder, path, deadline="2026-01-02")
    before = everything(folder.root)
    found = collected(folder, path, deadline="2026-01-02")
    assert everything(folder.root) == before
    assert (found.new, found.placed) == (0, 0)


def test_a_later_download_adds_attempts_and_the_earlier_stay(folder: CourseFolder, tmp_path: Path) -> None:
    collected(folder, samples.moodle({ADA: {"norms.ipynb": work(1)}}, tmp_path / "1.zip"))
    found = collected(folder, samples.moodle({ADA: {"norms.ipynb": work(2)}}, tmp_path / "2.zip"))
    assert laid_out(folder, ADA) == {"norms.ipynb": work(2)}
    kept = [(path / "files/norms.ipynb").read_bytes() for path in attempts(folder, ADA)]
    assert kept == [work(1), work(2)]
    assert lines(found)[ADA.id].attempts == 2
    about = json.loads((attempts(folder, ADA)[0] / "about.json").read_text())
    assert (about["source"], about["time"]) == ("1.zip: Ada Lovelace_70101", None)


def test_the_policy_says_which_attempt_is_laid_out_and_is_remembered(folder: CourseFolder, tmp_path: Path) -> None:
    sent = [(ADA, f"2026-01-0{day}-12-00-00", {"norms.ipynb": work(day)}) for day in (2, 4, 6)]
    path = samples.blackboard(sent, tmp_path / "b.zip")
    assert collected(folder, path, deadline="2026-01-05").policy == "latest"
    assert laid_out(folder, ADA)["norms.ipynb"] == work(6)
    collected(folder, policy="first")
    assert laid_out(folder, ADA)["norms.ipynb"] == work(2)
    found = collected(folder, path, policy="last-on-time")
    assert laid_out(folder, ADA) == {"norms.ipynb": work(4), "timestamp.txt": b"2026-01-04 12:00:00.000000 UTC\n"}
    assert lines(found)[ADA.id].status == "on time"
    again = collected(folder, path)
    assert (again.policy, again.placed, again.deadline) == (
        "last-on-time",
        0,
        datetime(2026, 1, 5, 23, 59, 59, tzinfo=UTC),
    )


def test_a_notebook_of_another_name_is_laid_out_under_the_lessons(folder: CourseFolder, tmp_path: Path) -> None:
    inner = {"hw/Copy of norms (2).ipynb": work(), "hw/data/a.csv": b"1", "hw/norms.ipynb": samples.untouched()}
    found = collected(folder, samples.canvas({ADA: {"hw.zip": samples.zipped(inner)}}, tmp_path / "c.zip"))
    assert laid_out(folder, ADA) == {
        "norms.ipynb": work(),
        "data/a.csv": b"1",
        "norms (2).ipynb": samples.untouched(),
    }
    assert lines(found)[ADA.id].notes == ("graded: 'hw/Copy of norms (2).ipynb', of 2 files",)


@pytest.mark.parametrize("base", ["", "PS 1/"])
def test_a_students_files_that_come_one_by_one_are_one_attempt(folder: CourseFolder, tmp_path: Path, base: str) -> None:
    path = tmp_path / "f.zip"
    loose = {"alovelace norms.ipynb": work(), "Ada Lovelace data.csv": b"1", "aturing_norms.ipynb": work(4)}
    path.write_bytes(samples.zipped({f"{base}{name}": data for name, data in loose.items()}))
    assert lines(collected(folder, path))[ADA.id].attempts == 1
    assert laid_out(folder, ADA) == {"norms.ipynb": work(), "Ada Lovelace data.csv": b"1"}


def test_what_nobody_can_be_found_for_is_named_and_not_collected(folder: CourseFolder, tmp_path: Path) -> None:
    stranger = Person("x", "Ada", "Lovlace", 999)
    found = collected(folder, samples.moodle({ADA: FILES, stranger: FILES}, tmp_path / "m.zip"))
    (stray,) = found.strays
    assert (stray.place, stray.sender) == ("m.zip: Ada Lovlace_70999", "Ada Lovlace_70999")
    assert stray.reason == "not in the roster; nearly: alovelace (Ada Lovelace)"
    assert not found.is_whole
    assert sorted(path.name for path in folder.submitted.iterdir()) == [ADA.id]


def test_two_people_of_one_name_are_told_apart_by_the_platforms_number_or_not_at_all(
    folder: CourseFolder, tmp_path: Path
) -> None:
    twin = Person("twin", ADA.first, ADA.last, 555)
    path = samples.moodle({ADA: FILES, twin: {"norms.ipynb": work(2)}}, tmp_path / "m.zip")
    found = collected(folder, path)  # the twin is not in the roster
    assert {stray.sender for stray in found.strays} == {"Ada Lovelace_70101", "Ada Lovelace_70555"}
    assert {stray.reason for stray in found.strays} == {"ambiguous: 2 people are called so, and alovelace is one"}
    assert not folder.submitted.exists()
    (tmp_path / "w.csv").write_text(samples.worksheet([ADA], {}))
    found = collected(folder, path, times=tmp_path / "w.csv")
    assert {stray.sender for stray in found.strays} == {"Ada Lovelace_70555"}
    assert laid_out(folder, ADA) == FILES


def test_moodles_worksheet_gives_the_times(folder: CourseFolder, tmp_path: Path) -> None:
    path = samples.moodle({ADA: FILES, ALAN: FILES, GRACE: FILES}, tmp_path / "m.zip")
    collected(folder, path, deadline="2026-01-02")
    sheet = tmp_path / "w.csv"
    times = {ADA: "Friday, 2 January 2026, 10:11 AM", ALAN: "Saturday, 3 January 2026, 2:59 AM", GRACE: "gestern"}
    sheet.write_text(samples.worksheet(CLASS, times), "utf-8")
    found = collected(folder, path, times=sheet)
    assert {line.student: (line.status, line.clock, line.late_s) for line in found.lines} == {
        ADA.id: ("on time", "table", 0.0),
        ALAN.id: ("late", "table", 10_741.0),
        GRACE.id: ("time unknown", "", None),
        JOSE.id: ("missing", "", None),
    }
    assert found.notes == (f"{sheet}, line 4: the time 'gestern' cannot be read: write it as 2026-01-31 23:59",)
    assert laid_out(folder, ADA)["timestamp.txt"] == b"2026-01-02 10:11:00.000000 UTC\n"
    assert len(attempts(folder, ADA)) == 1


def test_canvass_own_word_counts_where_no_time_is_known(folder: CourseFolder, tmp_path: Path) -> None:
    path = samples.canvas({ADA: FILES, ALAN: FILES}, tmp_path / "c.zip", late=[ALAN])
    found = lines(collected(folder, path, deadline="2026-01-02"))
    assert [(found[one.id].status, found[one.id].by_platform) for one in (ADA, ALAN)] == [
        ("on time", True),
        ("late", True),
    ]


def put(folder: CourseFolder, person: Person, files: Mapping[str, bytes]) -> Path:
    here = folder.submitted / person.id / "ps1"
    for name, data in files.items():
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        (here / name).write_bytes(data)
    return here


def test_what_lies_in_submitted_is_kept_before_anything_takes_its_place(folder: CourseFolder, tmp_path: Path) -> None:
    mine = {"norms.ipynb": work("by hand"), "sub/b.txt": b"b", ".hidden": b"h"}
    here = put(folder, ADA, {**mine, "timestamp.txt": b"2026-01-01 10:00:00 UTC"})
    (here / "link").symlink_to("norms.ipynb")
    found = collected(folder, samples.blackboard([(ADA, TIME, FILES)], tmp_path / "b.zip"))
    assert laid_out(folder, ADA) == {**FILES, "timestamp.txt": TIMES["blackboard"].encode()}
    first = next(path for path in attempts(folder, ADA) if "2026-01-01" in path.name)
    assert {path.name: path.read_bytes() for path in (first / "files").rglob("*") if path.is_file()} == {
        "norms.ipynb": work("by hand"), "b.txt": b"b", ".hidden": b"h", "link": work("by hand")
    }  # fmt: skip
    assert os.readlink(first / "files/link") == "norms.ipynb"
    assert (lines(found)[ADA.id].attempts, found.new) == (2, 2)
    collected(folder, policy="first")
    assert {name: data for name, data in laid_out(folder, ADA).items() if name != "link"} == {
        **mine, "timestamp.txt": b"2026-01-01 10:00:00.000000 UTC\n"
    }  # fmt: skip


def test_a_hand_in_that_an_instructor_mended_stays_mended(folder: CourseFolder, tmp_path: Path) -> None:
    path = samples.blackboard([(ADA, TIME, FILES)], tmp_path / "b.zip")
    collected(folder, path)
    put(folder, ADA, {"norms.ipynb": work("mended")})
    assert lines(collected(folder, path))[ADA.id].attempts == 2
    assert laid_out(folder, ADA)["norms.ipynb"] == work("mended")
    assert collected(folder, path).new == 0
    assert laid_out(folder, ADA)["norms.ipynb"] == work("mended")


def test_what_an_editor_leaves_beside_a_hand_in_is_no_other_attempt(folder: CourseFolder, tmp_path: Path) -> None:
    path = samples.moodle({ADA: FILES}, tmp_path / "m.zip")
    collected(folder, path)
    put(folder, ADA, {".ipynb_checkpoints/norms-checkpoint.ipynb": work(), ".DS_Store": b"x"})
    assert (collected(folder, path).new, lines(collected(folder))[ADA.id].attempts) == (0, 1)
    assert ".DS_Store" in laid_out(folder, ADA)


def test_work_without_times_that_comes_again_after_other_work_is_asked_about(
    folder: CourseFolder, tmp_path: Path
) -> None:
    first = samples.moodle({ADA: FILES}, tmp_path / "1.zip")
    second = samples.moodle({ADA: {"norms.ipynb": work(2)}}, tmp_path / "2.zip")
    assert collected(folder, first, second, second).notes == ()
    found = collected(folder, first)
    assert found.notes == (
        "alovelace: 1.zip has the work of attempt 1 again, and attempt 2 came after it: if that is not the newer one, "
        "give the times with --times",
    )
    assert (found.new, laid_out(folder, ADA)) == (0, {"norms.ipynb": work(2)})


def test_work_that_was_put_there_by_hand_is_known_again_in_a_download(folder: CourseFolder, tmp_path: Path) -> None:
    put(folder, ADA, FILES)
    found = collected(folder, samples.moodle({ADA: FILES}, tmp_path / "m.zip"))
    assert (found.new, found.placed, lines(found)[ADA.id].attempts) == (1, 0, 1)


def test_nothing_is_written_through_a_link(folder: CourseFolder, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    folder.submitted.mkdir()
    (folder.submitted / ADA.id).symlink_to(elsewhere)
    (folder.submitted / ALAN.id).mkdir()
    (folder.submitted / ALAN.id / "ps1").symlink_to(elsewhere)
    found = collected(folder, samples.moodle({ADA: FILES, ALAN: FILES}, tmp_path / "m.zip"))
    assert list(elsewhere.iterdir()) == []
    assert len([note for note in found.notes if "is reached through a link: nothing is written there" in note]) == 2
    assert found.placed == 0


def test_hostile_archives_write_nothing_outside(folder: CourseFolder, tmp_path: Path) -> None:
    evil = samples.zipped({"../../../evil.py": b"1", "/tmp/evil.py": b"2", "norms.ipynb": work(), "x/../../evil": b"3"})
    files = {
        "../evil/Ada Lovelace_70101_assignsubmission_file/x.py": b"1",
        "Ada Lovelace_70101_assignsubmission_file/hw.zip": evil,
        "Alan Turing_70102_assignsubmission_file/../../evil.ipynb": work(),
    }
    path = tmp_path / "m.zip"
    path.write_bytes(samples.zipped(files))
    before = everything(tmp_path)
    found = collected(folder, path)
    new = everything(tmp_path).keys() - before.keys()
    assert {name.split("/")[1] for name in new} == {"submitted", "collected"}
    assert not any("evil" in name for name in new)
    assert laid_out(folder, ADA) == {"norms.ipynb": work()}
    reasons = {one.reason for one in found.refused}
    assert reasons == {"leads out of its folder", "has an absolute path"}
    assert lines(found)[ALAN.id].status == "missing"


def test_a_broken_download_is_named_and_costs_no_other(folder: CourseFolder, tmp_path: Path) -> None:
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04nothing")
    (tmp_path / "all.rar").write_bytes(b"Rar!\x1a")
    good = samples.moodle({ADA: FILES}, tmp_path / "m.zip")
    found = collected(folder, tmp_path / "broken.zip", tmp_path / "all.rar", tmp_path / "none", good)
    assert [Path(one.place).name for one in found.failed] == ["broken.zip", "all.rar", "none"]
    assert "which is not read: unpack it and name the folder" in found.failed[1].reason
    assert laid_out(folder, ADA) == FILES
    assert not found.is_whole


BROKEN = {
    "no notebook": ({"essay.pdf": b"%PDF-1.4"}, "no notebook norms.ipynb was handed in; found instead: essay.pdf"),
    "empty": ({"norms.ipynb": b""}, "the file is not a notebook: it is empty. Ask for it to be handed in again."),
    "another lesson's": (
        {"norms.ipynb": raw(notebook(code("print(1)")))},
        "none of the cells of norms is in the notebook: it is another one",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_cannot_be_graded_is_named_and_stands_behind_what_can(
    folder: CourseFolder, tmp_path: Path, case: str
) -> None:
    files, problem = BROKEN[case]
    found = collected(folder, samples.moodle({ADA: files}, tmp_path / "1.zip"))
    assert lines(found)[ADA.id].problem == problem
    assert laid_out(folder, ADA) == files  # for `course grade` to say so too
    collected(folder, samples.moodle({ADA: FILES}, tmp_path / "2.zip"))
    found = collected(folder, samples.moodle({ADA: {**files, "again.txt": b""}}, tmp_path / "3.zip"))
    assert (lines(found)[ADA.id].problem, lines(found)[ADA.id].attempts) == ("", 3)
    assert laid_out(folder, ADA) == FILES


def test_a_cut_off_notebook_is_collected_with_a_note(folder: CourseFolder, tmp_path: Path) -> None:
    found = collected(folder, samples.moodle({ADA: {"norms.ipynb": work()[:-700]}}, tmp_path / "m.zip"))
    line = lines(found)[ADA.id]
    assert line.problem == ""
    assert any("breaks off in the middle" in note for note in line.notes)


def test_receipts_are_verified(folder: CourseFolder, tmp_path: Path) -> None:
    node = json.loads(work())
    own = json.dumps(receipt.put(node, receipt.make(node, answers=3, blanks=0))).encode()
    beside = receipt.text_of(receipt.make(node, answers=3, blanks=0)).encode()
    sent = {
        ADA: {"norms.ipynb": own},
        ALAN: {"norms (1).ipynb": work(), "norms.receipt.json": beside},
        GRACE: {"norms.ipynb": work(2), "norms.receipt.json": beside},
        JOSE: FILES,
    }
    found = lines(collected(folder, samples.moodle(sent, tmp_path / "m.zip")))
    states = [found[one.id].receipt for one in (ADA, ALAN, GRACE, JOSE)]
    assert states == ["verified", "verified", "does not match", "none"]


def test_a_students_own_date_is_not_believed(folder: CourseFolder, tmp_path: Path) -> None:
    files = {"norms.ipynb": work(), "timestamp.txt": b"2020-01-01 00:00:00 UTC"}
    found = collected(folder, samples.moodle({ADA: files}, tmp_path / "m.zip"), deadline="2026-01-02")
    assert laid_out(folder, ADA) == {"norms.ipynb": work()}
    assert lines(found)[ADA.id].status == "time unknown"


def in_gradebook(folder: CourseFolder) -> dict[str, tuple[datetime | None, timedelta | None]]:
    with Gradebook(folder.db_url, "foreign") as book:
        found = book.find_assignment("ps1")
        return {one.student_id: (found.duedate, one.extension) for one in found.submissions}


def test_extensions_and_late_days_end_in_the_table_and_in_the_gradebook(folder: CourseFolder, tmp_path: Path) -> None:
    sent = [(person, "2026-01-04-12-00-00", FILES) for person in CLASS]
    text = "student,extension,late days\nalovelace,3 days,\naturing,,2\nghopper,12 h,2\njgarcia,,0\n"
    (folder.root / "extensions.csv").write_text(text)
    found = collected(folder, samples.blackboard(sent, tmp_path / "b.zip"), deadline="2026-01-02", late_days=1)
    assert {line.student: (line.status, line.days_used) for line in found.lines} == {
        ADA.id: ("extended", 0),
        ALAN.id: ("late days", 2),
        GRACE.id: ("late days", 2),
        JOSE.id: ("late", 0),
    }
    due = datetime(2026, 1, 2, 23, 59, 59)
    assert in_gradebook(folder) == {
        ADA.id: (due, timedelta(days=3)),
        ALAN.id: (due, timedelta(days=2)),
        GRACE.id: (due, timedelta(days=2, hours=12)),
    }
    (folder.root / "extensions.csv").write_text("student,extension\nalovelace,1 day\n")
    found = collected(folder)
    assert (lines(found)[ADA.id].status, lines(found)[ALAN.id].status) == ("late days", "late")
    assert in_gradebook(folder) == {
        ADA.id: (due, timedelta(days=2)),
        ALAN.id: (due, None),
        GRACE.id: (due, None),
    }


def test_an_extension_that_somebody_gave_in_the_gradebook_stays_and_is_named(
    folder: CourseFolder, tmp_path: Path
) -> None:
    path = samples.blackboard([(ADA, "2026-01-04-12-00-00", FILES)], tmp_path / "b.zip")
    (folder.root / "extensions.csv").write_text("student,extension\nalovelace,1 day\n")
    collected(folder, path, deadline="2026-01-02")
    with Gradebook(folder.db_url, "foreign") as book:
        book.grant_extension("ps1", ADA.id, days=5)
    (folder.root / "extensions.csv").write_text("student,extension\naturing,1 day\n")
    found = collected(folder, path)
    assert in_gradebook(folder)[ADA.id][1] == timedelta(days=5)
    assert any(
        note.startswith(f"the gradebook gives {ADA.id} 5 d more for ps1, and no table does") for note in found.notes
    )


def test_the_gradebooks_due_date_counts_where_none_is_given(folder: CourseFolder, tmp_path: Path) -> None:
    with own_tools(), Gradebook(folder.db_url, "foreign") as book:
        book.update_or_create_assignment("ps1", duedate="2026-01-03 12:00:00 UTC")
    found = collected(folder, samples.blackboard([(ADA, "2026-01-04-12-00-00", FILES)], tmp_path / "b.zip"))
    assert found.deadline == datetime(2026, 1, 3, 12, tzinfo=UTC)
    assert lines(found)[ADA.id].late_s == 86_400


def test_late_days_are_spent_over_all_lessons(folder: CourseFolder, tmp_path: Path) -> None:
    other = folder.collected / "ps0"
    outcome.save(folder, Collected("ps0", lines=(Line(ADA.id, days_used=1), Line(ALAN.id))))
    assert (other / "collected.json").is_file()
    sent = [(person, "2026-01-03-12-00-00", FILES) for person in (ADA, ALAN)]
    found = collected(folder, samples.blackboard(sent, tmp_path / "b.zip"), deadline="2026-01-02", late_days=1)
    assert (lines(found)[ADA.id].status, lines(found)[ALAN.id].status) == ("late", "late days")
    again = collected(folder)
    assert again.late_days == 1  # it is remembered
    assert lines(again)[ALAN.id].status == "late days"  # and what this lesson took is not spent before


def test_what_was_found_is_written_down_for_other_commands(folder: CourseFolder, tmp_path: Path) -> None:
    found = collected(folder, samples.blackboard([(ADA, TIME, FILES)], tmp_path / "b.zip"), deadline="2026-01-02")
    data = json.loads((folder.collected / "ps1/collected.json").read_text())
    assert (data["schema"], data["version"], data["deadline"]) == (
        "clozegrad collected",
        1,
        "2026-01-02T23:59:59+00:00",
    )
    first = data["lines"][0]
    assert (first["student"], first["status"], first["time"]) == (ADA.id, "on time", "2026-01-02T10:11:12+00:00")
    read = outcome.last(folder, "ps1")
    assert (read.lines, read.policy, read.deadline) == (found.lines, "latest", found.deadline)
    (folder.collected / "ps1/collected.json").write_text("{")
    with pytest.raises(CourseError, match=r"collected\.json cannot be read .*: delete it, and collect again"):
        collected(folder)


def test_a_dry_run_says_the_same_and_writes_nothing(folder: CourseFolder, tmp_path: Path) -> None:
    collected(folder, samples.moodle({ADA: FILES}, tmp_path / "1.zip"))
    put(folder, GRACE, FILES)
    before = everything(folder.root)
    path = samples.moodle({ADA: {"norms.ipynb": work(2)}, ALAN: FILES}, tmp_path / "2.zip")
    dry = collected(folder, path, deadline="2026-01-02", dry_run=True)
    assert everything(folder.root) == before
    wet = collected(folder, path, deadline="2026-01-02")
    assert (dry.lines, dry.new) == (wet.lines, wet.new)


def test_without_a_roster_students_are_called_as_the_platform_calls_them(folder: CourseFolder, tmp_path: Path) -> None:
    (folder.root / "roster.csv").unlink()
    evil = Person("x", "..", "", 9)
    path = samples.moodle({ADA: FILES, JOSE: FILES, evil: FILES}, tmp_path / "m.zip")
    found = collected(folder, path)
    assert sorted(path.name for path in folder.submitted.iterdir()) == ["Ada Lovelace", "José García Márquez"]
    assert [stray.reason for stray in found.strays] == ["has a name that no folder can have"]
    assert collected(folder, path).new == 0


def test_the_gradebooks_students_are_the_class_where_they_have_names(folder: CourseFolder, tmp_path: Path) -> None:
    (folder.root / "roster.csv").unlink()
    with own_tools(), Gradebook(folder.db_url, "foreign") as book:
        book.add_student("ada", first_name="Ada", last_name="Lovelace")
        book.add_student("alan", email="aturing@uni.example")
    path = samples.moodle({ADA: FILES, ALAN: FILES}, tmp_path / "m.zip")
    found = collected(folder, path)
    assert laid_out(folder, "ada") == FILES
    assert [stray.sender for stray in found.strays] == ["Alan Turing_70102"]
    assert [line.status for line in found.lines] == ["handed in", "missing"]
    (tmp_path / "w.csv").write_text(samples.worksheet([ADA, ALAN], {}))
    assert [line.student for line in collected(folder, path, times=tmp_path / "w.csv").lines] == ["ada", "alan"]


def test_the_table_of_times_is_the_class_where_nothing_else_says_who_is(folder: CourseFolder, tmp_path: Path) -> None:
    (folder.root / "roster.csv").unlink()
    (tmp_path / "w.csv").write_text(samples.worksheet([ADA, ALAN], {ADA: "Friday, 2 January 2026, 10:11 AM"}))
    found = collected(folder, samples.moodle({ADA: FILES}, tmp_path / "m.zip"), times=tmp_path / "w.csv")
    assert [(line.student, line.status, line.clock) for line in found.lines] == [
        (ADA.email, "handed in", "table"),
        (ALAN.email, "missing", ""),
    ]


def test_a_history_gives_the_commit_before_each_students_own_deadline(folder: CourseFolder, tmp_path: Path) -> None:
    commits = [(at(2), FILES), (at(4), {"norms.ipynb": work(4)}), (at(8), {"norms.ipynb": work(8)})]
    for person in (ADA, ALAN):
        samples.clone(tmp_path / f"ps1-submissions/ps1-{person.id}", commits)
    (folder.root / "extensions.csv").write_text("student,extension\nalovelace,2 days\n")
    collected(folder, tmp_path / "ps1-submissions", deadline="2026-01-02", policy="last-on-time")
    assert laid_out(folder, ADA)["norms.ipynb"] == work(4)
    assert laid_out(folder, ALAN)["norms.ipynb"] == work()
    assert len(attempts(folder, ADA)) == len(attempts(folder, ALAN)) == 2


def test_a_lesson_that_there_is_not_names_those_that_there_are(folder: CourseFolder, tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"Lessons here: ps1\."):
        collect(folder, "ps2", [])


def test_a_table_or_time_that_is_asked_for_and_cannot_be_read_stops_it(folder: CourseFolder, tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="--deadline 'soon' is no time: write it as 2026-01-31"):
        collected(folder, deadline="soon")
    with pytest.raises(CourseError, match="no such"):
        collected(folder, roster=tmp_path / "no such.csv")
    (folder.root / "roster.csv").unlink()
    with pytest.raises(CourseError, match="names students, but there is no roster: give one with --roster"):
        collected(folder, extensions=tmp_path / "e.csv")


def test_a_gradebook_that_cannot_be_written_costs_no_hand_in(folder: CourseFolder, tmp_path: Path) -> None:
    path = samples.blackboard([(ADA, TIME, FILES)], tmp_path / "b.zip")
    (folder.root / "gradebook.db").mkdir()
    found = collected(folder, path, deadline="2026-01-02")
    assert laid_out(folder, ADA)["norms.ipynb"] == work()
    assert [one.place for one in found.failed] == ["the gradebook"]
    assert not found.is_whole


def test_what_course_hand_in_gives_a_student_is_verified(folder: CourseFolder, tmp_path: Path) -> None:
    (tmp_path / "norms.ipynb").write_bytes(work())
    hand_in(tmp_path / "norms.ipynb")
    sent = {name: (tmp_path / name).read_bytes() for name in ("norms.ipynb", "norms.receipt.json")}
    found = lines(collected(folder, samples.canvas({ADA: sent, ALAN: FILES}, tmp_path / "c.zip")))
    assert (found[ADA.id].receipt, found[ALAN.id].receipt) == ("verified", "none")
