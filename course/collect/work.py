"""One `course collect` at work: parcels are opened, hand-ins find their students, attempts are kept."""

import shutil
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from course.collect import reading, roster, when
from course.collect.asked import Terms
from course.collect.examining import examined
from course.collect.handed import TIMESTAMP, Clock, Contents, Handed, contents
from course.collect.keeping import About, Attempt, Kept, digests_of, sums
from course.collect.layouts.exchange import time_in
from course.collect.outcome import Stray
from course.collect.parcel import Refusal, Refused
from course.collect.people import Match, Sender
from course.collect.places import digest
from course.collect.policy import in_order
from course.collect.reading import NAMES, Opened, Platform
from course.folder import CourseFolder
from course.grading.plan.exam import Exam
from course.grading.submission.choosing import is_kind
from course.grading.submission.folders import is_where_it_seems
from course.grading.submission.names import folder_of

MAX_NEAR = 50
_ONE_PERSON = ("moodle", "canvas", "blackboard")  # whose own ids tell people apart
_TOGETHER = ("classroom", "folders")  # where a student's files come one by one


class Work:
    """What is being collected of one lesson, and what could not be."""

    def __init__(self, folder: CourseFolder, lesson: str, exams: Sequence[Exam], terms: Terms, kept: Kept) -> None:
        self.folder, self.lesson, self.exams, self.terms, self.kept = folder, lesson, exams, terms, kept
        self.submitted = folder.submitted
        self.strays: list[Stray] = []
        self.failed: list[Refusal] = []
        self.refused: list[Refusal] = []
        self.opened: list[str] = []
        self.notes: list[str] = [*terms.notes, *(terms.known.notes if terms.known else ())]
        self.untouched: set[str] = set()
        self.new = 0

    def open(self, path: Path, platform: Platform | None) -> None:
        """Keep the hand-ins in a folder or file; what cannot be read, or is nobody's, is written down."""
        try:
            opened = reading.read(path, platform, self.lesson, self.terms.people, self._due_of)
        except (Refused, OSError) as error:
            self.failed.append(Refusal(str(path), str(error)))
            return
        named = f"is not named as {NAMES[opened.platform]} names files"
        for place in opened.left:
            if is_kind(place):
                self.strays.append(Stray(f"{opened.name}: {place}", "", named))
            else:
                self.refused.append(Refusal(f"{opened.name}: {place}", named))
        self.refused += [Refusal(f"{opened.name}: {one.place}", one.reason) for one in opened.refused]
        matched = self._matched(opened)
        for student, handed in matched:
            self._take(student, handed, opened)
        self.opened.append(_sentence(opened, len({student for student, _ in matched})))

    def keep_what_lies(self) -> None:
        """Keep what somebody else has put into `submitted/`, so that nothing there is ever lost."""
        for student in self.students():
            here = self.place_of(student)
            if not is_where_it_seems(here):
                self.untouched.add(student)
                self.notes.append(f"{here} is reached through a link: nothing is written there")
            elif here.is_dir():
                try:
                    self._keep_lying(student, here)
                except OSError as error:
                    self.untouched.add(student)
                    self.notes.append(f"{here} cannot be read ({error.strerror}): nothing is written there")

    def students(self) -> list[str]:
        """Everybody in the class, and whoever else has an attempt."""
        known = self.terms.people.students.keys() if self.terms.people else set()
        return sorted({*known, *self.kept.students()})

    def place_of(self, student: str) -> Path:
        """Where a student's hand-in is laid out."""
        return folder_of(self.submitted, student) / self.lesson

    def _keep_lying(self, student: str, here: Path) -> None:
        found = sums(here)
        known = {mark for one in self.kept.of(student) for mark in (one.about.sent, one.about.laid_out)}
        if not found or known & digests_of(here):
            return

        def fill(files: Path) -> None:
            shutil.copytree(here, files, symlinks=True, dirs_exist_ok=True)
            (files / TIMESTAMP).unlink(missing_ok=True)

        time = time_in(here)
        source = (
            f"{here.relative_to(self.folder.root)}, where it lay"
            if here.is_relative_to(self.folder.root)
            else str(here)
        )
        about = About(0, source, digest(found), time, "platform" if time else "")
        self._kept(student, about, fill, as_it_lies=True)

    def _take(self, student: str, handed: Handed, opened: Opened) -> None:
        unpacked = contents(handed)
        time, clock = self._time(student, handed)
        if (before := self.kept.known(student, unpacked.digest, time)) is not None:
            self.kept.dated(before, time, clock)
            self._ask_for_times(before, opened)
            return
        source = f"{opened.name}: {handed.source}"
        about = About(
            0, source, unpacked.digest, time, clock, handed.late, refused=unpacked.refused, comment=handed.comment
        )
        self._kept(student, about, partial(_write, unpacked))

    def _ask_for_times(self, again: Attempt, opened: Opened) -> None:
        """Say so where work without a time came again after other work without one: either may be the newer."""
        last = in_order(self.kept.of(again.student))[-1]
        if again.about.number != last.about.number and again.about.time is None and last.about.time is None:
            self.notes.append(
                f"{again.student}: {opened.name} has the work of attempt {again.about.number} again, and attempt "
                f"{last.about.number} came after it: if that is not the newer one, give the times with --times"
            )

    def _kept(self, student: str, about: About, fill: Callable[[Path], None], *, as_it_lies: bool = False) -> None:
        examine = partial(examined, exams=self.exams, as_it_lies=as_it_lies)
        self.kept.keep(student, about, fill, examine)
        self.new += 1

    def _time(self, student: str, handed: Handed) -> tuple[datetime | None, Clock]:
        """When it was handed in, and who says so."""
        if handed.time is not None:
            return when.utc(handed.time, self.terms.where), handed.clock
        found = self.terms.times.get(student)
        return (found, "table") if found else (None, "")

    def _matched(self, opened: Opened) -> list[tuple[str, Handed]]:
        """Each hand-in with its student; those without one are strays."""
        found: list[tuple[Handed, Match]] = [(handed, self._match(handed.sender)) for handed in opened.handed]
        if opened.platform in _ONE_PERSON:
            found = _without_doubles(found)
        matched = [(match.student, handed) for handed, match in found if match.student is not None]
        for handed, match in found:
            if match.student is None:
                reason = match.reason + self._nearly(handed.sender, match)
                self.strays.append(Stray(f"{opened.name}: {handed.source}", handed.sender.label, reason))
        return _joined(matched) if opened.platform in _TOGETHER else matched

    def _nearly(self, sender: Sender, match: Match) -> str:
        """Who may be meant, for the first senders whom nobody knows: all of them are where the roster is another's."""
        if self.terms.people is None or match.reason != Match.NOBODY or len(self.strays) >= MAX_NEAR:
            return ""
        near = self.terms.people.nearly(sender)
        return f"; nearly: {near}" if near else ""

    def _match(self, sender: Sender) -> Match:
        if self.terms.people is not None:
            return self.terms.people.find(sender)
        own = " ".join(sender.otherwise.split())
        return Match(own) if roster.is_folder_name(own) else Match(None, "has a name that no folder can have")

    def _due_of(self, sender: Sender) -> datetime | None:
        student = self._match(sender).student
        return self.terms.dues.deadline if student is None else self.terms.dues.due(student)


def _without_doubles(found: Sequence[tuple[Handed, Match]]) -> list[tuple[Handed, Match]]:
    """The same, but that a name which several people of the platform have is nobody's."""
    owners: dict[str, set[str]] = defaultdict(set)
    for handed, match in found:
        if match.student is not None:
            owners[match.student].add(handed.sender.own)
    return [
        (
            handed,
            Match(None, f"ambiguous: {len(owners[match.student])} people are called so, and {match.student} is one"),
        )
        if match.student is not None and match.by_name and len(owners[match.student]) > 1
        else (handed, match)
        for handed, match in found
    ]


def _joined(matched: Sequence[tuple[str, Handed]]) -> list[tuple[str, Handed]]:
    """One hand-in for each student, with all the files that came one by one."""
    by_student: dict[str, list[Handed]] = defaultdict(list)
    for student, handed in matched:
        by_student[student].append(handed)
    return [
        (student, replace(all_[0], files=tuple(file for one in all_ for file in one.files), source=_sources(all_)))
        for student, all_ in by_student.items()
    ]


def _sources(handed: Sequence[Handed]) -> str:
    more = f" and {len(handed) - 1} more" if len(handed) > 1 else ""
    return handed[0].source + more


def _write(unpacked: Contents, folder: Path) -> None:
    for place, data in unpacked.files.items():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_bytes(data)


def _sentence(opened: Opened, students: int) -> str:
    counted = f"{len(opened.handed)} hand-in{'s' * (len(opened.handed) != 1)}"
    others = f", {opened.others} files of other lessons" if opened.others else ""
    return f"{opened.name}: read as {NAMES[opened.platform]}, {counted} of {students} students{others}"
