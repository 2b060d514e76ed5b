"""Each platform's own names: who sent what and when, from downloads shaped as theirs."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from course.collect import parcel
from course.collect.handed import Handed, Reading
from course.collect.layouts import blackboard, canvas, drive, exchange, folders, github, moodle
from course.collect.people import People, Student
from course.collect.reading import PLATFORMS, Opened, platform_of, read, recognised
from course.collect.roster import CANVAS, GITHUB, PARTICIPANT
from course.errors import CourseError
from tests.collect import samples
from tests.collect.samples import ADA, ALAN, GRACE, JOSE, at

TWO = {"ps1.ipynb": b"{}", "data/a.csv": b"1"}
FLAT = {"ps1.ipynb": b"{}", "a.csv": b"1"}


def sent(reading: Reading) -> dict[str, dict[str, bytes]]:
    """The files by sender."""
    return {one.sender.label: {place: entry.read() for place, entry in one.files} for one in reading.handed}


def one(reading: Reading) -> Handed:
    (handed,) = reading.handed
    return handed


@pytest.mark.parametrize("ending", ["", "_"])
def test_moodles_folders_give_name_number_and_files(tmp_path: Path, ending: str) -> None:
    found = parcel.opened(samples.moodle({ADA: TWO, JOSE: {"hw.zip": b"x"}}, tmp_path / "m.zip", ending=ending))
    reading = moodle.handed(found)
    assert sent(reading) == {"Ada Lovelace_70101": TWO, "José García Márquez_70104": {"hw.zip": b"x"}}
    sender = reading.handed[0].sender
    assert (sender.ids, sender.names, sender.own) == (((PARTICIPANT, "70101"),), ("Ada Lovelace",), "70101")
    assert recognised(found, "ps1") == "moodle"


def test_moodles_flat_files_are_put_together_again(tmp_path: Path) -> None:
    reading = moodle.handed(parcel.opened(samples.moodle({ADA: FLAT}, tmp_path / "m.zip", folders=False)))
    assert sent(reading) == {"Ada Lovelace_70101": FLAT}


def test_moodles_other_kinds_of_submission_and_what_lies_around_them(tmp_path: Path) -> None:
    files = {
        "CS1-PS1-77/Ada Lovelace_70101_assignsubmission_onlinetext/onlinetext.html": b"<p>",
        "CS1-PS1-77/Ada Lovelace_70101_assignsubmission_file/ps1.ipynb": b"{}",
        "CS1-PS1-77/Participant_70102_assignsubmission_file_/ps1.ipynb": b"blind",
        "CS1-PS1-77/readme.txt": b"",
    }
    (tmp_path / "m.zip").write_bytes(samples.zipped(files))
    reading = moodle.handed(parcel.opened(tmp_path / "m.zip"))
    assert sent(reading) == {
        "Ada Lovelace_70101": {"onlinetext.html": b"<p>", "ps1.ipynb": b"{}"},
        "Participant_70102": {"ps1.ipynb": b"blind"},
    }
    assert reading.left == ["CS1-PS1-77/readme.txt"]


def test_canvass_names_give_user_lateness_and_files(tmp_path: Path) -> None:
    path = samples.canvas({ADA: FLAT, JOSE: {"ps1-1.ipynb": b"{ }"}}, tmp_path / "c.zip", late=[JOSE])
    found = parcel.opened(path)
    reading = canvas.handed(found)
    assert sent(reading) == {"lovelaceada_4101": FLAT, "garcíamárquezjosé_4104": {"ps1-1.ipynb": b"{ }"}}
    assert [handed.late for handed in reading.handed] == [False, True]
    assert reading.handed[0].sender.ids == ((CANVAS, "4101"),)
    assert recognised(found, "ps1") == "canvas"


def test_canvass_texts_links_and_hidden_names(tmp_path: Path) -> None:
    files = {
        "lovelaceada_4101_text.html": b"<p>",
        "turingalan_LATE_4102_link.html": b"<a>",
        "anon_x9Kq2_90001_ps1.ipynb": b"{}",
        "LATE_anon_Zz1_90002_my_1_2_ps1.ipynb": b"{ }",
        "notes.txt": b"",
    }
    (tmp_path / "c.zip").write_bytes(samples.zipped(files))
    reading = canvas.handed(parcel.opened(tmp_path / "c.zip"))
    assert sent(reading) == {
        "lovelaceada_4101": {"text.html": b"<p>"},
        "turingalan_4102": {"link.html": b"<a>"},
        "anon_x9Kq2": {"ps1.ipynb": b"{}"},
        "anon_Zz1": {"my_1_2_ps1.ipynb": b"{ }"},
    }
    assert [handed.late for handed in sorted(reading.handed, key=lambda one: one.source)] == [True, False, False, True]
    assert reading.left == ["notes.txt"]


def test_blackboards_attempts_have_times_and_the_names_that_files_had(tmp_path: Path) -> None:
    first, second = (ADA, "2026-01-02-10-11-12", {"My PS 1.ipynb": b"{}"}), (ADA, "2026-01-03-10-11-12", FLAT)
    path = samples.blackboard([first, second], tmp_path / "b.zip", {ADA: "Sorry,\nthe net was down."})
    found = parcel.opened(path)
    reading = blackboard.handed(found)
    assert [{place: entry.read() for place, entry in handed.files} for handed in reading.handed] == [
        {"My PS 1.ipynb": b"{}"}, FLAT
    ]  # fmt: skip
    assert [(handed.time, handed.clock) for handed in reading.handed] == [
        (datetime(2026, 1, 2, 10, 11, 12), "platform"),
        (datetime(2026, 1, 3, 10, 11, 12), "platform"),
    ]
    assert reading.handed[0].sender.ids == (("", ADA.id),)
    assert reading.handed[0].sender.names == (ADA.name,)
    assert reading.handed[0].comment == "Sorry, the net was down."
    assert recognised(found, "ps1") == "blackboard"


def test_blackboards_files_alone_leave_open_where_the_users_name_begins(tmp_path: Path) -> None:
    """As nbgrader's documentation of zip_collect names them."""
    (tmp_path / "b.zip").write_bytes(samples.zipped({"ps_1_ann_lee_attempt_2016-01-30-15-00-00_problem1.ipynb": b"{}"}))
    handed = one(blackboard.handed(parcel.opened(tmp_path / "b.zip")))
    assert handed.sender.ids == (("", "1_ann_lee"), ("", "ann_lee"), ("", "lee"))
    assert People([Student("ann_lee"), Student("bob")]).find(handed.sender).student == "ann_lee"
    assert People([Student("ann_lee"), Student("lee")]).find(handed.sender).student is None


def test_an_attempt_with_a_text_and_no_file_is_one(tmp_path: Path) -> None:
    path = samples.blackboard([(ADA, "2026-01-02-10-11-12", {})], tmp_path / "b.zip")
    handed = one(blackboard.handed(parcel.opened(path)))
    assert (handed.files, handed.comment) == ((), "")


@pytest.mark.parametrize("name", ["ps1_ann_attempt_2026-13-02-10-11-12_a.ipynb", "ps1_ann_a.ipynb", "attempt.txt"])
def test_what_is_not_named_so_is_left(tmp_path: Path, name: str) -> None:
    (tmp_path / "b.zip").write_bytes(samples.zipped({name: b"{}"}))
    assert blackboard.handed(parcel.opened(tmp_path / "b.zip")) == Reading([], [name])


def test_nbgraders_exchange_tells_student_and_time(tmp_path: Path) -> None:
    path = samples.inbound([(ADA, "2026-01-02 10:11:12.123456 UTC", FLAT)], tmp_path)
    samples.inbound([(ADA, "2026-01-02 09:00:00.000000 UTC", FLAT)], tmp_path, lesson="ps2")
    found = parcel.opened(path)
    reading = exchange.handed(found, "ps1")
    assert sent(reading) == {ADA.id: FLAT}
    assert one(reading).time == datetime(2026, 1, 2, 10, 11, 12, 123456, tzinfo=UTC)
    assert (reading.left, reading.others) == ([], 3)
    assert recognised(found, "ps1") == "nbgrader"


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("2026-01-02 10:00:00.5 UTC", 10),
        ("2026-01-02 10:00:00", 10),
        ("2026-01-02 10:00:00 EST", 15),
    ],
)
def test_what_nbgrader_collected_has_its_time_in_a_file(tmp_path: Path, written: str, hour: int) -> None:
    here = tmp_path / "in" / ADA.id / "ps1"
    here.mkdir(parents=True)
    (here / "ps1.ipynb").write_bytes(b"{}")
    (here / "timestamp.txt").write_text(written)
    found = parcel.opened(tmp_path / "in")
    handed = one(exchange.handed(found, "ps1"))
    assert handed.time is not None
    assert (handed.time.hour, handed.time.tzinfo, len(handed.files)) == (hour, UTC, 1)
    assert exchange.time_in(here) == handed.time
    assert recognised(found, "ps1") == "nbgrader"


@pytest.mark.parametrize("written", ["", "yesterday", "9" * 5_000])
def test_a_date_that_cannot_be_read_is_none(tmp_path: Path, written: str) -> None:
    (tmp_path / "timestamp.txt").write_text(written)
    assert exchange.time_in(tmp_path) is None
    assert exchange.time_in(tmp_path / "none") is None


def test_classrooms_copies_are_named_by_the_student(tmp_path: Path) -> None:
    path = samples.drive({ADA: FLAT, JOSE: {"ps1(1).ipynb": b"{ }"}}, tmp_path / "d.zip")
    found = parcel.opened(path)
    reading = drive.handed(found)
    assert sent(reading) == {ADA.name: FLAT, JOSE.name: {"ps1(1).ipynb": b"{ }"}}
    assert recognised(found, "ps1") == "classroom"


def test_a_file_that_a_student_made_is_known_by_what_stands_in_its_name(tmp_path: Path) -> None:
    (tmp_path / "d.zip").write_bytes(samples.zipped({"PS 1/lovelace_ada_ps1.ipynb": b"{}"}))
    handed = one(drive.handed(parcel.opened(tmp_path / "d.zip")))
    assert People([Student("ada", ("Ada Lovelace",))]).find(handed.sender).student == "ada"


CLASS = People([Student("ada", ("Ada Lovelace",)), Student("bob", ("Bob Bee",))])


@pytest.mark.parametrize(
    "files",
    [
        {"ada/ps1.ipynb": b"1", "bob/ps1.ipynb": b"2"},
        {"all/Lovelace_Ada_xy_123/ps1.ipynb": b"1", "all/Bee, Bob/ps1.ipynb": b"2"},
        {"ps1/ada.ipynb": b"1", "ps1/Bob Bee.ipynb": b"2"},
        {"ada_ps1.ipynb": b"1", "bob (2)/ps1/ps1.ipynb": b"2"},
    ],
)
def test_folders_and_files_are_known_by_whoever_they_are_called_after(tmp_path: Path, files: dict[str, bytes]) -> None:
    (tmp_path / "f.zip").write_bytes(samples.zipped(files))
    found = parcel.opened(tmp_path / "f.zip")
    reading = folders.handed(found, CLASS)
    data = {CLASS.find(one.sender).student: [entry.read() for _, entry in one.files] for one in reading.handed}
    assert data == {"ada": [b"1"], "bob": [b"2"]}
    assert recognised(found, "ps9") == "folders"


def test_a_folder_of_nobody_is_one_hand_in_below_what_lies_around_all(tmp_path: Path) -> None:
    files = {"all/x/ps1.ipynb": b"1", "all/x/a/b.csv": b"2", "all/y/ps1.ipynb": b"3"}
    (tmp_path / "f.zip").write_bytes(samples.zipped(files))
    assert sent(folders.handed(parcel.opened(tmp_path / "f.zip"), None)) == {
        "x": {"ps1.ipynb": b"1", "a/b.csv": b"2"},
        "y": {"ps1.ipynb": b"3"},
    }


def test_a_clone_gives_the_last_commit_on_time_and_the_newest(tmp_path: Path) -> None:
    root = tmp_path / "ps1-submissions"
    samples.clone(
        root / "ps1-ada-codes", [(at(1), FLAT), (at(9), {"ps1.ipynb": b"on time"}), (at(12), {"ps1.ipynb": b"late"})]
    )
    samples.clone(root / "ps1-turing", [(at(8), FLAT)])
    due = {"ps1-ada-codes": at(10), "ps1-turing": at(10)}
    reading = github.handed(tmp_path, lambda sender: due[sender.label])
    times = [(handed.sender.label, handed.time, dict(handed.files)["ps1.ipynb"].read()) for handed in reading.handed]
    assert times == [
        ("ps1-ada-codes", at(9), b"on time"),
        ("ps1-ada-codes", at(12), b"late"),
        ("ps1-turing", at(8), b"{}"),
    ]
    assert reading.handed[0].sender.otherwise == "ada-codes"
    assert reading.handed[0].sender.ids == ((GITHUB, "ada-codes"), ("", "ada-codes"))
    assert {handed.clock for handed in reading.handed} == {"commit"}
    assert len(github.handed(tmp_path, lambda sender: None).handed) == 2


def test_what_is_changed_in_a_clone_and_not_committed_does_not_count(tmp_path: Path) -> None:
    clone = samples.clone(tmp_path / "ps1-ada", [(at(1), {"a/ps1.ipynb": b"committed"})])
    (clone / "a/ps1.ipynb").write_bytes(b"not")
    (clone / "new.ipynb").write_bytes(b"not")
    handed = one(github.handed(clone, lambda sender: None))
    assert {place: entry.read() for place, entry in handed.files} == {"a/ps1.ipynb": b"committed"}
    assert {user for _, user in handed.sender.ids} == {"ps1-ada", "ada"}  # alone, nothing tells where the name begins


def test_a_clones_settings_run_nothing_and_its_links_lead_nowhere(tmp_path: Path) -> None:
    clone = samples.clone(tmp_path / "ps1-ada", [(at(1), FLAT)])
    (clone / "passwd").symlink_to("/etc/passwd")
    (clone / "x").write_text("x")
    samples.commit(clone, ["passwd", "x"], at(2))
    trap = tmp_path / "ran"
    settings = f'[core]\n\tfsmonitor = "touch {trap}"\n\tsshCommand = "touch {trap}"\n[log]\n\tshowSignature = true\n'
    settings += f'[gpg]\n\tprogram = "touch {trap}"\n[include]\n\tpath = /etc/passwd\n'
    (clone / ".git/config").write_text((clone / ".git/config").read_text() + settings)
    handed = one(github.handed(clone, lambda sender: None))
    files = dict(handed.files)
    with pytest.raises(parcel.Refused, match="is a link"):
        files["passwd"].read()
    assert files["x"].read() == b"x"
    assert not trap.exists()


@pytest.mark.parametrize("damage", ["HEAD", "objects"])
def test_a_broken_clone_is_named_and_costs_no_other(tmp_path: Path, damage: str) -> None:
    samples.clone(tmp_path / "ps1-ann", [(at(1), FLAT)])
    broken = samples.clone(tmp_path / "ps1-bob", [(at(1), FLAT)]) / ".git"
    for path in [broken / "HEAD"] if damage == "HEAD" else (broken / "objects").rglob("*"):
        if path.is_file():
            path.chmod(0o644)
            path.write_bytes(b"nonsense")
    reading = github.handed(tmp_path, lambda sender: None)
    assert [handed.sender.label for handed in reading.handed] == ["ps1-ann"]
    assert [left.split(" (its history cannot be read")[0] for left in reading.left] == ["ps1-bob"]


def test_a_link_is_no_clone(tmp_path: Path) -> None:
    samples.clone(tmp_path / "real", [(at(1), FLAT)])
    (tmp_path / "in").mkdir()
    (tmp_path / "in/ps1-ann").symlink_to(tmp_path / "real")
    assert github.clones(tmp_path / "in") == []


def opened(path: Path, platform: str = "auto") -> Opened:
    return read(path, platform_of(platform), "ps1", CLASS, lambda sender: None)


def test_a_platform_may_be_told_and_is_seen_otherwise(tmp_path: Path) -> None:
    path = samples.drive({ADA: FLAT}, tmp_path / "d.zip")
    assert opened(path).platform == "classroom"
    assert opened(path, "folders").platform == "folders"
    assert opened(path, "moodle").left == ("PS 1/Ada Lovelace - ps1.ipynb", "PS 1/Ada Lovelace - a.csv")
    samples.clone(tmp_path / "clones/ps1-ada", [(at(1), FLAT)])
    assert opened(tmp_path / "clones").platform == "github"
    with pytest.raises(parcel.Refused, match="holds no clone of a repository"):
        opened(path, "github")


def test_a_platform_that_there_is_not_is_named_with_those_that_there_are() -> None:
    assert [platform_of(name) for name in PLATFORMS] == list(PLATFORMS)
    assert platform_of("auto") is None
    with pytest.raises(CourseError, match="no platform 'sakai': use auto or one of moodle, canvas, blackboard"):
        platform_of("sakai")


@pytest.mark.parametrize("person", [ADA, ALAN, GRACE, JOSE])
def test_every_platforms_name_for_a_student_finds_them(tmp_path: Path, person: samples.Person) -> None:
    people = People(Student(one.id, (one.name,)) for one in samples.CLASS)
    paths = [
        samples.moodle({person: FLAT}, tmp_path / "m.zip"),
        samples.canvas({person: FLAT}, tmp_path / "c.zip"),
        samples.blackboard([(person, "2026-01-02-10-11-12", FLAT)], tmp_path / "b.zip"),
        samples.drive({person: FLAT}, tmp_path / "d.zip"),
        samples.inbound([(person, "2026-01-02 10:11:12.123456 UTC", FLAT)], tmp_path / "x"),
    ]
    for path in paths:
        (handed,) = read(path, None, "ps1", people, lambda sender: None).handed
        assert people.find(handed.sender).student == person.id, path
