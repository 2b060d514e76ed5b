"""What students handed in for a lesson: which notebook answers which exam, and the files beside it."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.exam import Exam
from course.grading.loose import MAX_BYTES, Unreadable

MAX_FILES_BYTES = 200 * 2**20  # of one hand-in's files together; what is past it stays behind


@dataclass(frozen=True)
class HandIn:
    """One student's answer to one exam; `path` is None when no such notebook was handed in."""

    student: str
    exam: Exam
    path: Path | None
    folder: Path

    def read(self) -> bytes:
        """The notebook as handed in; Unreadable when there is none, or it is too large to be one."""
        if self.path is None:
            raise Unreadable(f"no notebook {self.exam.name}.ipynb was handed in")
        if (size := self.path.stat().st_size) > MAX_BYTES:
            limit = f"{MAX_BYTES / 2**20:.0f} MB"
            raise Unreadable(f"the file has {size / 2**20:.0f} MB, more than the {limit} that are read")
        return self.path.read_bytes()

    def files(self) -> dict[str, bytes]:
        """The student's other files by their place in the folder, as `others` finds them."""
        return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in others(self.folder)}


def others(folder: Path) -> Iterator[Path]:
    """The files beside the notebooks that may be read: no links, nothing reached through one, no giants."""
    room = MAX_FILES_BYTES
    if not _is_where_it_seems(folder):
        return
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".ipynb" or path.is_symlink() or not path.is_file() or not os.access(path, os.R_OK):
            continue
        if not path.resolve().is_relative_to(folder.resolve()) or path.stat().st_size > room:
            continue
        room -= path.stat().st_size
        yield path


def students_of(folder: CourseFolder, lesson: str, students: Sequence[str] | None = None) -> list[str]:
    """The students who handed the lesson in; CourseError when nobody did, or not one of those asked for."""
    found = sorted(path.parent.name for path in folder.submitted.glob(f"*/{lesson}") if path.is_dir())
    for student in found:
        if not student.isprintable():
            raise CourseError(f"the folder {str(folder.submitted / student)!r} has a name that is no text: rename it")
    for student in students or ():
        if student not in found:
            raise CourseError(f"{student} handed nothing in: there is no folder {folder.submitted / student / lesson}")
    if not found:
        raise CourseError(f"nobody handed {lesson} in: there is no folder {folder.submitted}/STUDENT/{lesson}")
    return sorted(set(students or found))


def handed_in(folder: CourseFolder, exams: Sequence[Exam], students: Iterable[str]) -> Iterator[HandIn]:
    """One hand-in for each student and exam; the only notebook of a lesson may have been renamed."""
    for student in students:
        for exam in exams:
            here = folder.submitted / student / exam.lesson
            path, found = here / f"{exam.name}.ipynb", sorted(here.glob("[!.]*.ipynb"))  # macOS zips bring ._twins
            if len(exams) == len(found) == 1:
                path = found[0]
            there = path.is_file() and not path.is_symlink() and _is_where_it_seems(here)
            yield HandIn(student, exam, path if there else None, here)


def _is_where_it_seems(folder: Path) -> bool:
    """Whether no link leads to the student's folder: it may lead to another's, or to the source."""
    return not folder.is_symlink() and not folder.parent.is_symlink()
