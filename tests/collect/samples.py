"""Real-shaped downloads of each platform, made from what their documentation and sources say of names."""

import io
import unicodedata
import zipfile
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import nbformat
from dulwich.repo import Repo

from course.folder import CourseFolder
from tests.grading.notebooks import ANSWERS, filled, make_course, norms, released

MEAN = "mean = 3\nspread = {}"


@dataclass(frozen=True)
class Person:
    """A student as a university lists them."""

    id: str
    first: str
    last: str
    number: int

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"

    @property
    def email(self) -> str:
        return f"{self.id}@uni.example"


ADA = Person("alovelace", "Ada", "Lovelace", 101)
ALAN = Person("aturing", "Alan", "Turing", 102)
GRACE = Person("ghopper", "Grace Brewster", "Hopper", 103)
JOSE = Person("jgarcia", "José", "García Márquez", 104)
CLASS = (ADA, ALAN, GRACE, JOSE)


def a_course(root: Path, people: Iterable[Person] = CLASS) -> CourseFolder:
    """A course of one lesson, ps1 with the notebook norms, and its roster."""
    folder = make_course(root.resolve(), norms=norms())
    (folder.root / "roster.csv").write_text(roster(people), "utf-8")
    return folder


def roster(people: Iterable[Person]) -> str:
    rows = [f"{one.id},{one.first},{one.last},{one.email},{one.number}" for one in people]
    return "\n".join(["student_id,first name,last name,email,student number", *rows]) + "\n"


def work(spread: object = 5) -> bytes:
    """A notebook with answers; another `spread` is another attempt."""
    return nbformat.writes(filled(released(norms()), {**ANSWERS, "mean": MEAN.format(spread)})).encode()


def untouched() -> bytes:
    return nbformat.writes(released(norms())).encode()


def zipped(files: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def moodle(handed: Mapping[Person, Mapping[str, bytes]], path: Path, *, folders: bool = True, ending: str = "") -> Path:
    """Moodle's "Download all submissions", in folders or flat; `ending` is the `_` of versions before 4."""
    files = {}
    for person, sent in handed.items():
        base = f"{person.name}_{70_000 + person.number}_assignsubmission_file"
        for name, data in sent.items():
            files[f"{base}{ending}/{name}" if folders else f"{base}_{name}"] = data
    path.write_bytes(zipped(files))
    return path


def worksheet(people: Iterable[Person], times: Mapping[Person, str]) -> str:
    """Moodle's grading worksheet, with its mark of UTF-8."""
    head = '\ufeffIdentifier,"Full name","Email address",Status,Grade,"Maximum Grade","Grade can be changed"'
    lines = [f'{head},"Last modified (submission)","Last modified (grade)","Feedback comments"']
    for one in people:
        status = "Submitted for grading" if one in times else "No submission"
        lines.append(
            f'"Participant {70_000 + one.number}","{one.name}",{one.email},"{status} - ",,100.00,Yes,'
            f'"{times.get(one, "-")}",-,'
        )
    return "\r\n".join(lines) + "\r\n"


def canvas(handed: Mapping[Person, Mapping[str, bytes]], path: Path, late: Iterable[Person] = ()) -> Path:
    """Canvas's submissions.zip."""
    files = {}
    for number, (person, name) in enumerate((one, name) for one, sent in handed.items() for name in sent):
        sortable = "".join(sign for sign in f"{person.last}, {person.first}".lower() if sign.isalnum())
        mark = "LATE_" if person in late else ""
        files[f"{sortable}_{mark}{4_000 + person.number}_{90_000 + number}_{name}"] = handed[person][name]
    path.write_bytes(zipped(files))
    return path


def canvas_gradebook(people: Iterable[Person]) -> str:
    """Canvas's gradebook export, with the line below the headings and the student that tests the course."""
    rows = [f'"{one.last}, {one.first}",{4_000 + one.number},S{one.number},{one.id},Section 1,' for one in people]
    head = ["Student,ID,SIS User ID,SIS Login ID,Section,PS 1 (77)", "    Points Possible,,,,,8.00"]
    return "\r\n".join([*head, *rows, '"Student, Test",4999,,,Section 1,']) + "\r\n"


TEXT = """Name: {name} ({user})\r
Assignment: Problem Set 1\r
Date Submitted: Friday, January 2, 2026 10:11:12 AM CET\r
Current Mark: Needs Marking\r
\r
Submission Field:\r
There is no student submission text data for this assignment.\r
\r
Comments:\r
{comment}\r
\r
Files:\r
"""
NO_COMMENT = "There are no student comments for this assignment."


def blackboard(
    handed: Iterable[tuple[Person, str, Mapping[str, bytes]]],
    path: Path,
    comments: Mapping[Person, str] = {},
    *,
    texts: bool = True,
) -> Path:
    """Blackboard's "Assignment File Download": person, time as `2026-01-02-10-11-12`, files."""
    files: dict[str, bytes] = {}
    for person, time, sent in handed:
        base = f"Problem Set 1_{person.id}_attempt_{time}"
        text = TEXT.format(name=person.name, user=person.id, comment=comments.get(person, NO_COMMENT))
        for name, data in sent.items():
            here = f"{base}_{name.replace(' ', '')}"
            files[here] = data
            text += f"\tOriginal filename: {name}\r\n\tFilename: {here}\r\n\r\n"
        if texts:
            files[f"{base}.txt"] = text.encode()
    path.write_bytes(zipped(files))
    return path


def drive(handed: Mapping[Person, Mapping[str, bytes]], path: Path) -> Path:
    """The zip file that Drive makes of Classroom's folder of an assignment."""
    files = {f"PS 1/{person.name} - {name}": data for person, sent in handed.items() for name, data in sent.items()}
    path.write_bytes(zipped(files))
    return path


def inbound(handed: Iterable[tuple[Person, str, Mapping[str, bytes]]], root: Path, lesson: str = "ps1") -> Path:
    """nbgrader's exchange: person, time as `2026-01-02 10:11:12.123456 UTC`, files."""
    for number, (person, time, sent) in enumerate(handed):
        here = root / "inbound" / f"{person.id}+{lesson}+{time}+x9{number}"
        for name, data in {**sent, "timestamp.txt": time.encode()}.items():
            (here / name).parent.mkdir(parents=True, exist_ok=True)
            (here / name).write_bytes(data)
    return root / "inbound"


def clone(path: Path, commits: Iterable[tuple[datetime, Mapping[str, bytes]]]) -> Path:
    """A repository as GitHub Classroom gives each student, with commits at these times."""
    path.mkdir(parents=True)
    Repo.init(str(path)).close()
    for time, files in commits:
        for name, data in files.items():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_bytes(data)
        commit(path, list(files), time)
    return path


def commit(path: Path, names: list[str], time: datetime) -> None:
    """Commit these files of a repository."""
    who, stamp = b"S <s@x>", int(time.timestamp())
    with closing(Repo(str(path))) as repo:
        tree = repo.get_worktree()
        tree.stage(names)
        when = {"commit_timestamp": stamp, "author_timestamp": stamp, "commit_timezone": 0, "author_timezone": 0}
        tree.commit(message=b"work", committer=who, author=who, **when)


def at(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 1, day, hour, tzinfo=UTC)


def apart(name: str) -> str:
    """A name as macOS writes it, each accent a sign of its own."""
    return unicodedata.normalize("NFD", name)
