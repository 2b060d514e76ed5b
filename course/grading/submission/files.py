"""What students handed in for a lesson: which notebook answers which exam, and the files beside it."""

import io
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.plan.exam import Exam
from course.grading.submission.choosing import Candidate, candidates, is_called, may_be_notebook, same_name
from course.grading.submission.names import folder_of, shown, student_of
from course.grading.submission.parsing import MAX_BYTES, Clock, Unreadable
from course.grading.submission.repair import Repaired, repair
from course.grading.submission.walking import MAX_FILES_BYTES, Walk, is_systems, walk

__all__ = ["MAX_FILES_BYTES", "HandIn", "handed_in", "others", "students_of"]
MAX_NAMED = 3  # files in one note
MAX_ZIPPED = 100_000  # members of a zip file that is opened
_MEMBER = b"PK\x01\x02"  # before each in its list


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

    def read(self) -> bytes:
        """The notebook as handed in; Unreadable when there is none, or it is too large to be one."""
        if self.path is None:
            raise Unreadable(f"no notebook {self.exam.name}.ipynb was handed in{self._instead()}")
        return _bytes_of(self.path)

    def repaired(self) -> Repaired:
        """The notebook made whole, with a note on each choice that was made; Unreadable when there is none to grade."""
        first, notes = self._chosen()
        about = (*notes, *self.walk.notes())
        return replace(first, notes=(*about, *first.notes) if first.recognised else (*first.notes, *about))

    def files(self) -> dict[str, bytes]:
        """The student's other files by their place beside the notebook, wherever that lies."""
        found = {}
        for file in self.walk.others:
            if (data := _read_or_none(file.path)) is not None:
                found[file.place] = data
        if self.path is not None and self.path.parent != self.folder:
            base = f"{self.path.parent.relative_to(self.folder).as_posix()}/"
            inner = {place.removeprefix(base): data for place, data in found.items() if place.startswith(base)}
            found = {place: data for place, data in found.items() if not place.startswith(base)} | inner
        return found

    @cached_property
    def walk(self) -> Walk:
        return self.walked if self.walked is not None else _walked(self.folder, self.folder.name, [self.exam.name])

    def _chosen(self) -> tuple[Repaired, list[str]]:
        if len(self.choices) < 2:
            return self._repair(self.read()), self._named()
        clock = Clock()
        tried: list[_Tried] = []
        problems: list[tuple[Candidate, Unreadable]] = []
        for choice in self.choices:
            try:
                tried.append(_Tried(choice, self._repair(_bytes_of(choice.file.path), clock)))
            except (Unreadable, OSError) as error:
                problems.append((choice, Unreadable(str(error))))
        tried = [one for one in tried if one.choice.likeness != "other" or one.made.is_of_this_lesson]
        if not tried:
            raise problems[0][1] if problems else Unreadable(f"none of the files here is {self.exam.name}.ipynb")
        best = max(tried, key=lambda one: (one.made.answered, -tried.index(one)))
        return best.made, _comparison(best, tried, problems)

    def _repair(self, raw: bytes, clock: Clock | None = None) -> Repaired:
        if raw.startswith(b"PK\x03\x04"):
            return self._unzipped(raw, clock)
        return repair(raw, self.exam.source, self.exam.release, clock)

    def _unzipped(self, raw: bytes, clock: Clock | None) -> Repaired:
        """The notebook in a zip file, where there is one and only one that may be meant."""
        name, data = _notebook_in(raw, f"{self.exam.name}.ipynb")
        found = repair(data, self.exam.source, self.exam.release, clock)
        note = f"the hand-in is a zip file: the notebook {shown(name)!r} in it is graded, other files stay in it"
        return replace(found, notes=(note, *found.notes))

    def _named(self) -> list[str]:
        """What to say of a file that is not called as asked for, or not where it was."""
        if self.path is None or self.path == self.folder / f"{self.exam.name}.ipynb":
            return []
        place = shown(self.path.relative_to(self.folder).as_posix())
        return [f"{self.exam.name}.ipynb was expected: the file {place!r} is graded"]

    def _instead(self) -> str:
        """What lies there in place of a notebook."""
        names = [shown(file.place) for file in self.walk.files]
        if not names:
            return ""
        more = f" and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else ""
        return f"; found instead: {', '.join(names[:MAX_NAMED])}{more}"


def others(folder: Path, lesson: str = "") -> Iterator[Path]:
    """The files beside the notebooks that may be read: no links, nothing reached through one, no giants."""
    yield from (file.path for file in _walked(folder, lesson or folder.name).others)


def _walked(here: Path, lesson: str, names: Sequence[str] = ()) -> Walk:
    """What lies in a hand-in's folder; where that is the student's own, only what is in no folder of another lesson."""
    if not is_where_it_seems(here):
        return Walk()
    found = walk(here, lambda name: may_be_notebook(name, names))
    if not same_name(here.name, lesson):
        found.files = [file for file in found.files if not file.depth]
    return found


def students_of(folder: CourseFolder, lesson: str, students: Sequence[str] | None = None) -> list[str]:
    """The students who handed the lesson in; CourseError when nobody did, or not one of those asked for.

    Students may be asked for by the name of their folder or as it is shown.
    """
    found = {student_of(place): place for place in _student_folders(folder) if _lesson_folder(folder, place, lesson)}
    asked = {shown(place.name): student for student, place in found.items()} | {name: name for name in found}
    for student in students or ():
        if student not in asked:
            raise CourseError(f"{student} handed nothing in: there is no folder {folder.submitted / student / lesson}")
    if not found:
        raise CourseError(f"nobody handed {lesson} in: there is no folder {folder.submitted}/STUDENT/{lesson}")
    return sorted({asked[student] for student in students} if students else found)


def handed_in(folder: CourseFolder, exams: Sequence[Exam], students: Iterable[str]) -> Iterator[HandIn]:
    """One hand-in for each student and exam; which file is meant where names differ says `choosing`."""
    names = [exam.name for exam in exams]
    for student in students:
        here = place_of(folder, student, exams[0].lesson)
        walked = _walked(here, exams[0].lesson, names)
        for exam in exams:
            choices = _choices(walked, exam.name, names)
            path = choices[0].file.path if choices else None
            yield HandIn(student, exam, path, here, tuple(choices), walked)


def place_of(folder: CourseFolder, student: str, lesson: str) -> Path:
    """Where a student's hand-in of a lesson lies."""
    here = folder_of(folder.submitted, student)
    return _lesson_folder(folder, here, lesson) or here / lesson


def names_handed_in(folder: CourseFolder, student: str, lesson: str, names: Iterable[str]) -> set[str]:
    """Which of a lesson's notebooks a student has handed in, under whatever names."""
    wanted = list(names)
    if len(wanted) < 2:
        return set(wanted)
    walked = _walked(place_of(folder, student, lesson), lesson, wanted)
    return {name for name in wanted if _choices(walked, name, wanted)}


def is_where_it_seems(folder: Path) -> bool:
    """Whether no link leads to the student's folder: it may lead to another's, or to the source."""
    return not folder.is_symlink() and not folder.parent.is_symlink()


@dataclass(frozen=True)
class _Tried:
    choice: Candidate
    made: Repaired

    def __str__(self) -> str:
        worked = f"{self.made.answered} answers attempted" if self.made.answered else "untouched"
        return f"{shown(self.choice.file.place)!r} ({worked if self.made.recognised else 'another notebook'})"


def _choices(walked: Walk, wanted: str, names: Sequence[str]) -> list[Candidate]:
    """The files that may be a notebook; a zip file only where there is nothing else."""
    found = candidates(walked.files, wanted, names)
    plain = [one for one in found if not one.file.name.casefold().endswith(".zip")]
    named = [one for one in plain if one.likeness != "other"]
    if len(names) > 1 and named:
        return named
    return plain or found


def _comparison(best: _Tried, tried: Sequence[_Tried], problems: Sequence[tuple[Candidate, Unreadable]]) -> list[str]:
    """Which file was taken, and what the others are."""
    told = [str(one) for one in tried if one is not best]
    told += [f"{shown(one.file.place)!r} (unreadable)" for one, _ in problems if one.likeness != "other"]
    if not told and best.choice.likeness == "exact":
        return []
    more = f" and {len(told) - MAX_NAMED} more" if len(told) > MAX_NAMED else ""
    return [f"of several files {best} is graded" + (f", not {', '.join(told[:MAX_NAMED])}{more}" if told else "")]


def _student_folders(folder: CourseFolder) -> list[Path]:
    try:
        return sorted(path for path in folder.submitted.iterdir() if not is_systems(path.name))
    except OSError:
        return []


def _lesson_folder(folder: CourseFolder, student: Path, lesson: str) -> Path | None:
    """Where a student's hand-in lies: in the lesson's folder, in one of its name in other letters, or beside it."""
    plain = student / lesson
    try:
        if plain.is_dir():
            return plain
        entries = sorted(student.iterdir())
    except PermissionError:
        return plain  # it is there, and the verdict says that it cannot be read
    except OSError:
        return None
    if student.is_symlink():
        return None
    if alike := [path for path in entries if same_name(path.name, lesson) and path.is_dir()]:
        return alike[0]
    wanted = [path.stem for path in (folder.source / lesson).glob("*.ipynb")]
    return student if any(is_called(path.name, [*wanted, lesson]) for path in entries if path.is_file()) else None


def _read_or_none(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:  # gone since, or too long a name for this call
        return None


def _bytes_of(path: Path) -> bytes:
    if (size := path.stat().st_size) > MAX_BYTES:
        limit = f"{MAX_BYTES / 2**20:.0f} MB"
        raise Unreadable(f"the file has {size / 2**20:.0f} MB, more than the {limit} that are read")
    return path.read_bytes()


def _notebook_in(raw: bytes, wanted: str) -> tuple[str, bytes]:
    """Name and content of the one notebook in a zip file that may be meant; Unreadable when there is none."""
    if raw.count(_MEMBER) > MAX_ZIPPED:
        raise Unreadable(f"it is a zip file that holds more than {MAX_ZIPPED} files: hand {wanted} in by itself")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            found = [member for member in archive.infolist() if _is_notebook(member)]
            named = [member for member in found if os.path.basename(member.filename) == wanted]
            if len(chosen := named[:1] or found) == 1:
                with archive.open(chosen[0]) as opened:
                    return chosen[0].filename, opened.read(MAX_BYTES + 1)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError, zlib.error) as error:
        raise Unreadable(f"it is a zip file that cannot be opened ({error})") from None
    held = ", ".join(shown(member.filename) for member in found[:MAX_NAMED]) or "no notebook"
    raise Unreadable(f"it is a zip file that holds {held}: hand the notebook {wanted} in by itself")


def _is_notebook(member: zipfile.ZipInfo) -> bool:
    """Whether a member of a zip file is called a notebook, and is no larger than one may be."""
    parts = member.filename.split("/")
    is_called = parts[-1].casefold().endswith(".ipynb") and not any(map(is_systems, parts))
    return is_called and member.file_size <= MAX_BYTES and not member.flag_bits & 1
