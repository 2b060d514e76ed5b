"""What students handed in for a lesson: which notebook answers which exam, and the files beside it."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from course.folder import CourseFolder
from course.grading.plan.exam import Exam
from course.grading.submission.choosing import (
    Candidate,
    candidates,
    is_kind,
    may_be_notebook,
    opened,
)
from course.grading.submission.folders import (
    few,
    folders_in,
    found_at,
    is_where_it_seems,
    place_of,
    places_of,
    students_of,
    unexpected,
    without_hand_in,
)
from course.grading.submission.names import shown
from course.grading.submission.parsing import MAX_BYTES, Clock, Unreadable
from course.grading.submission.repair import Repaired, repair
from course.grading.submission.walking import MAX_FILES_BYTES, Found, Walk, walk
from course.grading.submission.zipped import Member

__all__ = [
    "MAX_FILES_BYTES",
    "HandIn",
    "handed_in",
    "handed_in_at",
    "others",
    "place_of",
    "students_of",
    "without_hand_in",
]


@dataclass(frozen=True)
class HandIn:
    """One student's answer to one exam; `path` is None when no such notebook was handed in.

    Where several files could be meant, `path` is the likeliest by its name, and `repaired` takes the one with the most
    answers attempted.
    """

    student: str
    exam: Exam
    path: Path | None
    folder: Path
    choices: tuple[Candidate, ...] = field(default=(), repr=False)
    walked: Walk | None = field(default=None, repr=False, compare=False)
    about: tuple[str, ...] = field(default=(), repr=False)  # what is to be said of the folder

    def repaired(self) -> Repaired:
        """The notebook made whole, with a note on each choice that was made; Unreadable when there is none to grade."""
        first, notes = self._chosen()
        about = (*self.about, *notes, *self.walk.notes())
        return replace(first, notes=(*about, *first.notes) if first.recognised else (*first.notes, *about))

    def files(self) -> dict[str, bytes]:
        """The student's other files by their place beside the notebook, wherever that lies."""
        found = {}
        for file in self.walk.others:
            if (data := _read_or_none(file.path)) is not None:
                found[file.place] = data
        if self.path is not None and self.folder in self.path.parent.parents:
            base = f"{self.path.parent.relative_to(self.folder).as_posix()}/"
            inner = {place.removeprefix(base): data for place, data in found.items() if place.startswith(base)}
            found = {place: data for place, data in found.items() if not place.startswith(base)} | inner
        return found

    @cached_property
    def walk(self) -> Walk:
        return self.walked if self.walked is not None else _walked(self.folder, [self.exam.name])

    def spare(self) -> list[Candidate]:
        """The copies that are tried where nothing in the others was worked on."""
        return _spare(self.folder, self.given, self.exam.name)

    def graded_file(self) -> Found:
        """The file that is graded; Unreadable when there is none. Notebooks are compared only where several may be."""
        if len(self.choices) == 1:
            return self.choices[0].file
        return self._best()[0].choice.file

    def _chosen(self) -> tuple[Repaired, list[str]]:
        best, tried, problems = self._best()
        several = len(self.given) > 1 or (bool(self.given) and best.choice not in self.given)
        notes = _comparison(best, tried, problems) if several else self._named(best.choice.file)
        return best.made, [*_zipped(best.choice.file), *notes]

    @cached_property
    def given(self) -> Sequence[Candidate]:
        """The files that may be meant, the likeliest first."""
        return self.choices or (() if self.path is None else (Candidate(found_at(self.path, self.folder), "exact"),))

    def _best(self) -> tuple["_Tried", list["_Tried"], list[tuple[Candidate, Unreadable]]]:
        """The file with the most answers attempted, with the others that were tried; Unreadable when there is none."""
        clock, choices = Clock(), self.given
        tried, problems = self._tried(choices, clock)
        if not any(one.made.answered for one in tried):
            spare, _ = self._tried(self.spare(), clock)
            tried += [one for one in spare if one.made.answered]
        if not tried:
            raise problems[0][1] if problems else Unreadable(self._none())
        return max(tried, key=lambda one: (one.made.answered, -tried.index(one))), tried, problems

    def _tried(
        self, choices: Sequence[Candidate], clock: Clock
    ) -> tuple[list["_Tried"], list[tuple[Candidate, Unreadable]]]:
        """Each file made whole, and those that cannot be, without what is evidently something else."""
        tried: list[_Tried] = []
        problems: list[tuple[Candidate, Unreadable]] = []
        for choice in choices:
            try:
                made = repair(_bytes_of(choice.file), self.exam.source, self.exam.release, clock)
                tried.append(_Tried(choice, made))
            except (Unreadable, OSError) as error:
                problems.append((choice, error if isinstance(error, Unreadable) else Unreadable(str(error))))
        return [one for one in tried if len(choices) == 1 or one.is_meant], problems

    def _none(self) -> str:
        if self.choices:
            return f"none of the files here is {self.exam.name}.ipynb"
        return f"no notebook {self.exam.name}.ipynb was handed in{self._instead()}"

    def _named(self, file: Found) -> list[str]:
        """What to say of a file that is not called as asked for, or not where it was."""
        if file.place == f"{self.exam.name}.ipynb":
            return []
        return [f"{self.exam.name}.ipynb was expected: the file {shown(file.place)!r} is graded"]

    def _instead(self) -> str:
        """What lies there in place of a notebook."""
        names = [shown(file.place) for file in self.walk.files]
        return f"; found instead: {few(names)}" if names else ""


def others(folder: CourseFolder, student: str, lesson: str) -> Iterator[tuple[str, Path]]:
    """The files beside the notebooks that may be read, by place: no links, nothing reached through one, no giants."""
    here = place_of(folder, student, lesson)
    yield from ((file.place, file.path) for file in _walked(here, is_loose=here.parent == folder.submitted).others)


def _walked(here: Path, names: Sequence[str] = (), *, is_loose: bool = False) -> Walk:
    """What lies in a hand-in's folder; where that is the student's own, only what is in no folder of another lesson."""
    if not is_where_it_seems(here):
        return Walk()
    found = walk(here, lambda name: may_be_notebook(name, names))
    if is_loose:
        found.files = [file for file in found.files if not file.depth]
    return found


def handed_in(folder: CourseFolder, exams: Sequence[Exam], students: Iterable[str]) -> Iterator[HandIn]:
    """One hand-in for each student and exam; which file is meant where names differ says `choosing`."""
    names = [exam.name for exam in exams]
    lesson = exams[0].lesson
    for student in students:
        here, walked, files = _sent(folder, student, lesson, names)
        about = unexpected(folder, student, here, lesson)
        yield from (_hand_in(student, exam, here, walked, files, names, about) for exam in exams)


def handed_in_at(here: Path, exams: Sequence[Exam], student: str) -> list[HandIn]:
    """One hand-in for each exam from a folder that lies anywhere."""
    names = [exam.name for exam in exams]
    walked = _walked(here, names)
    files = opened(walked.files, names)
    return [_hand_in(student, exam, here, walked, files, names) for exam in exams]


def _hand_in(
    student: str,
    exam: Exam,
    here: Path,
    walked: Walk,
    files: Sequence[Found],
    names: Sequence[str],
    about: tuple[str, ...] = (),
) -> HandIn:
    choices = _choices(files, exam.name, names)
    path = choices[0].file.path if choices else None
    return HandIn(student, exam, path, here, tuple(choices), walked, about)


def names_handed_in(folder: CourseFolder, student: str, lesson: str, names: Iterable[str]) -> set[str]:
    """Which of a lesson's notebooks a student has handed in, under whatever names."""
    wanted = list(names)
    if len(wanted) < 2:
        return set(wanted)
    _, _, files = _sent(folder, student, lesson, wanted)
    return {name for name in wanted if _choices(files, name, wanted)}


def _sent(folder: CourseFolder, student: str, lesson: str, names: Sequence[str]) -> tuple[Path, Walk, list[Found]]:
    """A hand-in's folder, what lies there, and that with what lies in copies of the folder and in zip files."""
    here, *copies = places_of(folder, student, lesson)
    walked = _walked(here, names, is_loose=here.parent == folder.submitted)
    beside = [file for copy in copies for file in _beside(here, copy, names)]
    return here, walked, opened([*walked.files, *beside], names)


@dataclass(frozen=True)
class _Tried:
    choice: Candidate
    made: Repaired

    @property
    def is_meant(self) -> bool:
        """Whether it is no notebook of another lesson, and no script that has nothing to do with this one."""
        if self.choice.likeness == "other":
            return self.made.is_of_this_lesson
        return bool(self.made.recognised) or is_kind(self.choice.file.name)

    def __str__(self) -> str:
        worked = f"{self.made.answered} answers attempted" if self.made.answered else "untouched"
        return f"{shown(self.choice.file.place)!r} ({worked if self.made.recognised else 'another notebook'})"


def _choices(files: Sequence[Found], wanted: str, names: Sequence[str]) -> list[Candidate]:
    """The files that may be a notebook; of several that were asked for, only those that are called so, if any are."""
    found = candidates(files, wanted, names)
    named = [one for one in found if one.likeness != "other"]
    return named if len(names) > 1 and named else found


def _spare(folder: Path, choices: Sequence[Candidate], wanted: str) -> list[Candidate]:
    """The copies that Jupyter keeps of its own accord, for where nothing else was worked on."""
    found = []
    for here in dict.fromkeys([folder, *folders_in(folder), *(choice.file.path.parent for choice in choices)]):
        kept = here / ".ipynb_checkpoints"
        if is_where_it_seems(kept):
            found += _beside(folder, kept, [wanted])
    return [one for one in candidates(found, wanted, [wanted]) if one.likeness != "other"]


def _beside(here: Path, other: Path, names: Sequence[str]) -> list[Found]:
    """The files of another folder, by their places as seen from the hand-in's."""
    base = os.path.relpath(other, here)
    return [replace(file, place=f"{base}/{file.place}") for file in _walked(other, names).files]


def _zipped(file: Found) -> list[str]:
    if not isinstance(file, Member):
        return []
    name = shown("/".join(file.inside))
    return [f"the hand-in is a zip file: the notebook {name!r} in it is graded, other files stay in it"]


def _comparison(best: _Tried, tried: Sequence[_Tried], problems: Sequence[tuple[Candidate, Unreadable]]) -> list[str]:
    """Which file was taken, and what the others are."""
    told = [str(one) for one in tried if one is not best]
    told += [f"{shown(one.file.place)!r} (unreadable)" for one, _ in problems if one.likeness != "other"]
    if not told and best.choice.likeness == "exact":
        return []
    return [f"of several files {best} is graded" + (f", not {few(told)}" if told else "")]


def _read_or_none(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:  # gone since, or too long a name for this call
        return None


def _bytes_of(file: Found) -> bytes:
    if file.size > MAX_BYTES:
        limit = f"{MAX_BYTES / 2**20:.0f} MB"
        raise Unreadable(f"the file has {file.size / 2**20:.0f} MB, more than the {limit} that are read")
    return file.content(MAX_BYTES + 1)
