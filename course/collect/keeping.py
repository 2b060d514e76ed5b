"""Every attempt, kept in `collected/LESSON/attempts/STUDENT/NUMBER_TIME_DIGEST/`, with what is known of it.

No attempt is deleted, and its files never change. A time that was not known, or is found to be earlier, is written
down.
"""

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from course.collect.handed import TIMESTAMP, Clock
from course.collect.parcel import Refusal
from course.collect.places import digest
from course.errors import CourseError
from course.grading.submission.walking import is_systems
from course.handin.receipt import State

SCHEMA = {"schema": "clozegrad attempt", "version": 1}
ABOUT, FILES = "about.json", "files"
_WRITING = ".writing-"


@dataclass(frozen=True)
class About:
    """What is known of an attempt.

    Attributes:
        number: the how manieth of the student's that was collected.
        time: when it was handed in, in UTC; None where nobody says, and whose word it is.
        late: what the platform says itself.
        source: where it came from: the parcel, and what that calls it.
        sent: a digest of the files as they were sent.
        laid_out: a digest of the files as they are laid out for grading.
        notebooks: by its name in the lesson, the place of each notebook that is graded.
        problem: why it cannot be graded; empty where it can.
        points: what it earned when attempts were compared, and for which notebooks of the course that holds.
    """

    number: int
    source: str
    sent: str
    time: datetime | None = None
    clock: Clock = ""
    late: bool | None = None
    laid_out: str = ""
    notebooks: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    receipt: State = "none"
    refused: tuple[Refusal, ...] = ()
    notes: tuple[str, ...] = ()
    comment: str = ""
    points: tuple[float, str] | None = None


@dataclass(frozen=True)
class Attempt:
    """One attempt of a student's, and the folder that it lies in."""

    student: str
    folder: Path
    about: About

    @property
    def files(self) -> Path:
        return self.folder / FILES


class Kept:
    """The attempts at one lesson; those that are new go to another folder where nothing is to be changed."""

    def __init__(self, root: Path, scratch: Path | None = None) -> None:
        self.root = root
        self._into = scratch or root
        self._known: dict[str, list[Attempt]] = {}

    def students(self) -> list[str]:
        """Everybody who has an attempt."""
        return sorted({path.name for path in _folders(self.root / "attempts")} | self._known.keys())

    def of(self, student: str) -> list[Attempt]:
        """A student's attempts, the first collected first."""
        if student not in self._known:
            self._known[student] = [_read(path, student) for path in _folders(self.root / "attempts" / student)]
        return sorted(self._known[student], key=lambda attempt: attempt.about.number)

    def known(self, student: str, sent: str, time: datetime | None) -> Attempt | None:
        """The attempt that this is again: the same files at the same time, or with no other attempt in between."""
        same = [one for one in self.of(student) if sent in (one.about.sent, one.about.laid_out)]
        if time is None:
            return same[-1] if same else None
        if exact := next((attempt for attempt in same if attempt.about.time in (time, None)), None):
            return exact
        dated = [(attempt.about.time, attempt) for attempt in self.of(student) if attempt.about.time]
        before = max((one for one in dated if one[0] < time), key=lambda one: one[0], default=None)
        after = min((one for one in dated if one[0] > time), key=lambda one: one[0], default=None)
        return next((one[1] for one in (before, after) if one and one[1] in same), None)

    def dated(self, attempt: Attempt, time: datetime | None, clock: Clock) -> Attempt:
        """The attempt with a time that it did not have, or an earlier one."""
        now = attempt.about.time
        if time is None or (now is not None and now <= time):
            return attempt
        return self.noted(attempt, replace(attempt.about, time=time, clock=clock))

    def noted(self, attempt: Attempt, about: About) -> Attempt:
        """The attempt with other things known of it."""
        if about == attempt.about:
            return attempt
        folder = attempt.folder
        if self._into == self.root or folder.is_relative_to(self._into):
            write(folder / ABOUT, _text(attempt.student, about))
            folder = folder.rename(folder.with_name(_name(about)))
        made = Attempt(attempt.student, folder, about)
        self._known[attempt.student] = [made if one == attempt else one for one in self._known[attempt.student]]
        return made

    def keep(
        self, student: str, about: About, fill: Callable[[Path], None], examine: Callable[[Attempt], About]
    ) -> Attempt:
        """A new attempt: its files as `fill` lays them down, and what `examine` finds of them; whole, or not at all."""
        self._into.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=self._into, prefix=_WRITING))
        try:
            about = replace(about, number=max((one.about.number for one in self.of(student)), default=0) + 1)
            (made / FILES).mkdir()
            fill(made / FILES)
            about = examine(Attempt(student, made, about))
            (made / ABOUT).write_text(_text(student, about), "utf-8")
            made.chmod(0o755)
            target = self._into / "attempts" / student / _name(about)
            target.parent.mkdir(parents=True, exist_ok=True)
            made.rename(target)
        except BaseException:
            shutil.rmtree(made, ignore_errors=True)
            raise
        self._known[student].append(Attempt(student, target, about))
        return self._known[student][-1]

    def clear(self) -> None:
        """Remove what a command that was killed left half written."""
        for path in _folders(self.root) if self._into == self.root else ():
            if path.name.startswith(_WRITING):
                shutil.rmtree(path, ignore_errors=True)


def sums(folder: Path) -> dict[str, str]:
    """The digest of each file in a folder, by place, links as what they point to by name; without nbgrader's date."""
    found = {}
    for place, path in walked(folder):
        if path.is_symlink():
            found[place] = f"link to {os.readlink(path)}"
        elif place != TIMESTAMP:
            with path.open("rb") as file:
                found[place] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def walked(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every file in a folder, and every link, with its place; no link is followed."""
    for base, folders, files in os.walk(folder):
        for name in (*files, *(one for one in folders if Path(base, one).is_symlink())):
            path = Path(base, name)
            yield path.relative_to(folder).as_posix(), path


def write(path: Path, text: str) -> None:
    """Replace a file at once, where its text is another."""
    with contextlib.suppress(OSError):
        if path.read_text("utf-8") == text:
            return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=_WRITING)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def digests_of(folder: Path) -> set[str]:
    """The digest of all files in a folder, and of those that no system or editor has left there since."""
    found = sums(folder)
    return {digest(found), digest({place: one for place, one in found.items() if not _is_systems(place)})}


def _is_systems(place: str) -> bool:
    return any(map(is_systems, place.split("/")))


def _name(about: About) -> str:
    time = f"{about.time:%Y-%m-%dT%H%M%SZ}" if about.time else "no-time"
    return f"{about.number:03}_{time}_{about.sent[:8]}"


def _folders(path: Path) -> list[Path]:
    try:
        return sorted(one for one in path.iterdir() if one.is_dir() and not one.is_symlink())
    except OSError:
        return []


def _text(student: str, about: About) -> str:
    data: dict[str, Any] = {**SCHEMA, "student": student, **asdict(about)}
    data["time"] = about.time.isoformat() if about.time else None
    return json.dumps(data, indent=1) + "\n"


def _read(folder: Path, student: str) -> Attempt:
    path = folder / ABOUT
    try:
        data = json.loads(path.read_text("utf-8"))
        known = {name: data[name] for name in (one.name for one in fields(About)) if name in data}
        known["time"] = datetime.fromisoformat(data["time"]) if data["time"] else None
        known["refused"] = tuple(Refusal(one["place"], one["reason"]) for one in data["refused"])
        known["notes"] = tuple(data["notes"])
        known["points"] = tuple(data["points"]) if data["points"] else None
        return Attempt(student, folder, About(**known))
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise CourseError(
            f"{path} cannot be read ({reason}): mend it, or move {folder} elsewhere and collect again"
        ) from None
