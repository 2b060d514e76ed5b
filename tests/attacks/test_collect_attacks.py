"""Attacks by what is collected: names that claim to be another's work or an earlier one, archives and receipts that break.

Eve is in the class as Alan is; Ada has handed in honestly beside her. Ada's work, and the time of Eve's, stay what the
platform says.
"""

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from course.collect.asked import Wanted
from course.collect.keeping import Kept
from course.collect.run import collect
from course.grading.plan.exam import exams_of
from course.grading.submission.files import handed_in
from course.grading.submission.parsing import Unreadable
from tests.collect import samples
from tests.collect.samples import ADA, ALAN, at, work

EVE, HONEST, OTHER = ALAN, {"norms.ipynb": work()}, work(7)
TIME, EARLIER = "2026-01-05-10-11-12", "2026-01-02-10-11-12"
UTC_TIME = "2026-01-05 10:11:12.000000 UTC"
Sent = Mapping[str, bytes]


def blackboard(root: Path, sent: Sent, comment: str = samples.NO_COMMENT) -> Path:
    return samples.blackboard([(ADA, TIME, HONEST), (EVE, TIME, sent)], root / "b.zip", {EVE: comment})


def moodle(root: Path, sent: Sent, *, folders: bool = True) -> Path:
    return samples.moodle({ADA: HONEST, EVE: sent}, root / "m.zip", folders=folders)


def canvas(root: Path, sent: Sent) -> Path:
    return samples.canvas({ADA: HONEST, EVE: sent}, root / "c.zip")


def inbound(root: Path, sent: Sent) -> Path:
    return samples.inbound([(ADA, UTC_TIME, HONEST), (EVE, UTC_TIME, sent)], root)


def gathered(root: Path, sent: Sent, *, ada: str = "ps1") -> Path:
    """What nbgrader has collected: Ada's work for one lesson, and Eve's for another."""
    files = {f"downloaded/{ADA.id}/{ada}/{name}": data for name, data in HONEST.items()}
    files |= {f"downloaded/{EVE.id}/ps2/{name}": data for name, data in sent.items()}
    (root / "n.zip").write_bytes(samples.zipped({**files, f"downloaded/{ADA.id}/{ada}/timestamp.txt": b"2026-01-05"}))
    return root / "n.zip"


def by_hand(root: Path, sent: Sent) -> Path:
    files = {
        f"all/{person.id}/{name}": data for person, one in ((ADA, HONEST), (EVE, sent)) for name, data in one.items()
    }
    (root / "f.zip").write_bytes(samples.zipped(files))
    return root / "f.zip"


def github(root: Path, sent: Sent, nested: str = "") -> Path:
    """Clones side by side; `nested` is one that lies in Eve's, as no history can hold it but a folder can."""
    samples.clone(root / f"ps1/ps1-{ADA.id}", [(datetime(2026, 1, 5, 10, 11, 12, tzinfo=UTC), HONEST)])
    eve = samples.clone(root / f"ps1/ps1-{EVE.id}", [(datetime(2026, 1, 5, 10, 11, 12, tzinfo=UTC), sent)])
    if nested:
        samples.clone(eve / nested, [(at(1), {"norms.ipynb": OTHER})])
    return root / "ps1"


CLAIMS: dict[str, Callable[[Path], Path]] = {
    "another's name and time in the name of a file": lambda root: blackboard(root, {f"{ADA.id}_attempt_2026-02-01-10-11-12_norms.ipynb": OTHER}),
    "one's own name and an earlier time in the name of a file": lambda root: blackboard(root, {f"{EVE.id}_attempt_{EARLIER}_norms.ipynb": OTHER}),
    "an earlier time alone in the name of a file": lambda root: blackboard(root, {f"x_attempt_{EARLIER}_norms.ipynb": OTHER}),
    "a time before all calendars in the name of a file": lambda root: blackboard(root, {"x_attempt_0001-01-01-00-00-00_norms.ipynb": OTHER}),
    "the text of another's attempt": lambda root: blackboard(root, {"norms.ipynb": OTHER, f"x_attempt_{TIME}.txt": samples.TEXT.format(name=ADA.name, user=ADA.id, comment="").encode()}),
    "another's name in the comment": lambda root: blackboard(root, {"norms.ipynb": OTHER}, f"\nName: {ADA.name} ({ADA.id})\nName: x ({ADA.id})"),
    "names of files in the comment": lambda root: blackboard(root, {"norms.ipynb": OTHER}, f"\n\tOriginal filename: ../../{ADA.id}/norms.ipynb\n\tFilename: Problem Set 1_{ADA.id}_attempt_{TIME}_norms.ipynb"),
    "another's folder as Moodle calls it": lambda root: moodle(root, {f"{ADA.name}_1_assignsubmission_file/norms.ipynb": OTHER, "norms.ipynb": OTHER}),
    "a file as Moodle calls another's": lambda root: moodle(root, {f"{ADA.name}_1_assignsubmission_file_norms.ipynb": OTHER}, folders=False),
    "a file as Canvas calls another's": lambda root: canvas(root, {"lovelaceada_101_1_norms.ipynb": OTHER}),
    "a folder as the exchange calls another's": lambda root: inbound(root, {f"{ADA.id}+ps1+2026-02-01 10:11:12.000000 UTC+x/norms.ipynb": OTHER, "norms.ipynb": OTHER}),
    "another's folder within work for another lesson": lambda root: gathered(root, {f"{ADA.id}/ps1/norms.ipynb": OTHER, f"{ADA.id}/ps1/timestamp.txt": b"2026-02-01"}),
    "the same where nobody has handed this lesson in": lambda root: gathered(root, {f"{ADA.id}/ps1/norms.ipynb": OTHER, f"{ADA.id}/ps1/timestamp.txt": b"2026-02-01"}, ada="ps2"),
    "a time of one's own beside the notebook": lambda root: moodle(root, {"norms.ipynb": OTHER, "timestamp.txt": b"2026-01-01"}),
    "a time of one's own in a zip file": lambda root: moodle(root, {"w.zip": samples.zipped({"norms.ipynb": OTHER, "a/timestamp.txt": b"2026-01-01"})}),
    "a clone of another's within one's own": lambda root: github(root, {"norms.ipynb": OTHER}, f"ps1-{ADA.id}"),
    "a clone in a clone's own folder": lambda root: github(root, {"norms.ipynb": OTHER}, f".git/ps1-{ADA.id}"),
    "a folder called as somebody else": lambda root: by_hand(root, {f"{ADA.id}/norms.ipynb": OTHER, "norms.ipynb": OTHER}),
}  # fmt: skip


@pytest.mark.parametrize("name", CLAIMS)
def test_no_name_makes_work_anothers_or_earlier(tmp_path: Path, name: str) -> None:
    folder = samples.a_course(tmp_path / "course")
    found = collect(folder, "ps1", [CLAIMS[name](tmp_path)], Wanted(zone="UTC"))
    kept = Kept(folder.collected / "ps1")
    adas = [path.read_bytes() for one in kept.of(ADA.id) for path in one.files.rglob("*.ipynb")]
    assert set(adas) <= {HONEST["norms.ipynb"]}
    assert len(adas) <= 1
    times = {line.time for line in found.lines if line.student == EVE.id and line.time}
    assert times <= {datetime(2026, 1, 5, 10, 11, 12, tzinfo=UTC)}


MASKED: dict[str, Callable[[Path], Path]] = {
    "many files named as Moodle names them": lambda root: canvas(root, {f"x_1{number}_assignsubmission_file_{number}": OTHER for number in range(9)}),
    "many files named as Blackboard names them": lambda root: moodle(root, {f"x_y_attempt_{TIME}_{number}": OTHER for number in range(9)}),
    "many files named as Canvas names them": lambda root: blackboard(root, {f"x_12_{number}_y": OTHER for number in range(9)}),
    "many files named as Classroom names them": lambda root: canvas(root, {f"{ADA.name} - {number}": OTHER for number in range(9)}),
    "many folders named as the exchange names them": lambda root: moodle(root, {f"{ADA.id}+ps1+{UTC_TIME}+{number}/x": OTHER for number in range(9)}),
}  # fmt: skip


@pytest.mark.parametrize("name", MASKED)
def test_no_number_of_files_makes_a_download_another_platforms(tmp_path: Path, name: str) -> None:
    folder = samples.a_course(tmp_path / "course")
    found = collect(folder, "ps1", [MASKED[name](tmp_path)], Wanted(zone="UTC"))
    assert {line.student for line in found.lines if line.status != "missing"} == {ADA.id, EVE.id}
    (attempt,) = Kept(folder.collected / "ps1").of(ADA.id)
    assert [path.read_bytes() for path in attempt.files.rglob("*.ipynb")] == [HONEST["norms.ipynb"]]


def notebook_with(**receipt: object) -> bytes:
    made = json.loads(work())
    made["metadata"]["clozegrad"] = {"receipt": {"sha256": "0", "time": "now", **receipt}}
    return json.dumps(made).encode()


def deep(depth: int) -> bytes:
    made = json.loads(notebook_with())
    made["cells"][0]["attachments"] = {"a.png": {"image/png": "DEEP"}}
    return json.dumps(made).encode().replace(b'"DEEP"', b"[" * depth + b"]" * depth)


def broken(method: int, *, at_byte: int = 60) -> bytes:
    """A zip file whose list is sound and whose content is not."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        archive.writestr("norms.ipynb", work())
    damaged = bytearray(made.getvalue())
    damaged[at_byte : at_byte + 40] = b"\xff" * 40
    return bytes(damaged)


def far() -> bytes:
    """A zip file whose one member lies where no file reaches."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("norms.ipynb", work())
        archive.infolist()[0].header_offset = 2**63 - 1
    return made.getvalue()


COSTLY: dict[str, Sent] = {
    "a receipt that counts more than a float holds": {"norms.ipynb": notebook_with(answers=10**400, blanks=-(10**400))},
    "the same beside the notebook": {"norms.ipynb": work(), "norms.receipt.json": json.dumps({"sha256": "0", "time": "", "answers": 10**400}).encode()},
    "a receipt of no kind": {"norms.ipynb": notebook_with(sha256=7, time=[], answers=True, blanks="x")},
    "pictures nested deeper than a receipt is made for": {"norms.ipynb": deep(940)},
    "a zip file that breaks as it is unpacked": {"work.zip": broken(zipfile.ZIP_DEFLATED)},
    "the same by bzip2": {"work.zip": broken(zipfile.ZIP_BZIP2)},
    "the same by LZMA": {"work.zip": broken(zipfile.ZIP_LZMA)},
    "a zip file that reaches past all files": {"work.zip": far()},
}  # fmt: skip


@pytest.mark.parametrize("name", COSTLY)
def test_no_file_keeps_the_others_from_being_collected_or_graded(tmp_path: Path, name: str) -> None:
    folder = samples.a_course(tmp_path / "course")
    found = collect(folder, "ps1", [moodle(tmp_path, COSTLY[name])], Wanted(zone="UTC"))
    assert {line.student for line in found.lines if line.status != "missing"} == {ADA.id, EVE.id}
    for path in (folder.submitted / EVE.id / "ps1").glob("*"):
        path.unlink()
    for place, data in COSTLY[name].items():  # as it lies where nothing was collected
        (folder.submitted / EVE.id / "ps1" / place).write_bytes(data)
    read = []
    for hand_in in handed_in(folder, exams_of(folder, "ps1"), [ADA.id, EVE.id]):
        try:
            hand_in.repaired()
        except Unreadable:
            continue
        read.append(hand_in.student)
    assert ADA.id in read


@pytest.mark.parametrize("year", [1, 1970, 9999])
def test_a_commit_of_any_year_is_collected_and_shown(
    tmp_path: Path, year: int, capsys: pytest.CaptureFixture[str]
) -> None:
    from course.collect.table import print_table
    from course.collect.when import zone

    folder = samples.a_course(tmp_path / "course")
    moment = datetime(year, 12, 31, 23, 59, tzinfo=UTC)
    root = samples.clone(tmp_path / "ps1/ps1-aturing", [(moment, HONEST)]).parent
    samples.clone(root / "ps1-alovelace", [(at(2), HONEST)])
    found = collect(folder, "ps1", [root], Wanted(zone="Pacific/Kiritimati"))
    print_table(found, zone("Pacific/Kiritimati"))
    assert {line.student for line in found.lines if line.status != "missing"} == {ADA.id, EVE.id}
    assert EVE.id in capsys.readouterr().out
