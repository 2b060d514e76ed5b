"""What students handed in for a lesson: which notebook answers which exam, and the files beside it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.exam import Exam

MAX_FILES_BYTES = 200 * 2**20  # of one hand-in's files together; what is past it stays behind


@dataclass(frozen=True)
class HandIn:
    """One student's answer to one exam; `path` is None when no such notebook was handed in."""

    student: str
    exam: Exam
    path: Path | None
    folder: Path

    def files(self) -> dict[str, bytes]:
        """The student's other files by their place in the folder: no notebooks, no links."""
        found: dict[str, bytes] = {}
        room = MAX_FILES_BYTES
        for path in sorted(self.folder.rglob("*")):
            if path.suffix == ".ipynb" or path.is_symlink() or not path.is_file():
                continue
            if not path.resolve().is_relative_to(self.folder.resolve()) or path.stat().st_size > room:
                continue
            found[path.relative_to(self.folder).as_posix()] = data = path.read_bytes()
            room -= len(data)
        return found


def students_of(folder: CourseFolder, lesson: str, students: Sequence[str] | None = None) -> list[str]:
    """The students who handed the lesson in; CourseError when nobody did, or not one of those asked for."""
    found = sorted(path.parent.name for path in folder.submitted.glob(f"*/{lesson}") if path.is_dir())
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
            path, others = here / f"{exam.name}.ipynb", sorted(here.glob("*.ipynb"))
            if len(exams) == len(others) == 1:
                path = others[0]
            there = path.is_file() and not path.is_symlink()  # a link may lead to what is not the student's
            yield HandIn(student, exam, path if there else None, here)
