"""Where in `submitted/` each student's hand-in of a lesson lies, and what lies there that is nobody's."""

import re
from collections.abc import Sequence
from pathlib import Path

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.submission.choosing import is_called, is_copy, is_kind, same_name
from course.grading.submission.names import folder_of, shown, student_of
from course.grading.submission.parsing import MAX_BYTES, Unreadable
from course.grading.submission.walking import Found, is_systems, walk
from course.grading.submission.zipped import is_zip, members

_GRADE_ID = re.compile(rb'"grade_id"[ \t\r\n]*+:[ \t\r\n]*+"([^"]*+)"')
MAX_NAMED = 3  # files in one note
MAX_LISTED = 20  # students, or files, in one line about the class
MAX_DEEPER = 3  # folders around a lesson's folder
MAX_FOLDERS = 500  # that are looked into for it


def students_of(folder: CourseFolder, lesson: str, students: Sequence[str] | None = None) -> list[str]:
    """The students who handed the lesson in; CourseError when nobody did, or not one of those asked for.

    Students may be asked for by the name of their folder or as it is shown.
    """
    found = {student_of(place): place for place in _student_folders(folder) if _places(folder, place, lesson)}
    asked = {shown(place.name): student for student, place in found.items()} | {name: name for name in found}
    for student in students or ():
        if student not in asked:
            what = _else(folder, folder_of(folder.submitted, student), lesson)
            raise CourseError(
                f"{student} handed nothing in: there is no folder {folder.submitted / student / lesson}"
                + (f"; what lies there instead: {what}" if what else "")
            )
    if not found:
        raise CourseError(
            "; ".join(
                [
                    f"nobody handed {lesson} in: no student's folder in {folder.submitted} has one of that name. "
                    f"Collect first (`course collect {lesson} FILE`), or change to your course's folder",
                    *without_hand_in(folder, lesson),
                ]
            )
        )
    return sorted({asked[student] for student in students} if students else found)


def place_of(folder: CourseFolder, student: str, lesson: str) -> Path:
    """Where a student's hand-in of a lesson lies."""
    return places_of(folder, student, lesson)[0]


def without_hand_in(folder: CourseFolder, lesson: str) -> list[str]:
    """What lies in `submitted/` that belongs to no hand-in of a lesson but might: a line a kind, for the instructor."""
    lines = []
    names = [
        f"{shown(place.name)} ({what})" for place in _student_folders(folder) if (what := _else(folder, place, lesson))
    ]
    if names:
        people = f"{len(names)} students have" if len(names) > 1 else "1 student has"
        lines.append(f"{people} handed in no {lesson}; what lies there instead: {few(names, MAX_LISTED)}")
    if loose := [shown(path.name) for path in _student_folders(folder) if path.is_file() and is_kind(path.name)]:
        lines.append(f"in no student's folder of {folder.submitted.name}/, and not graded: {few(loose, MAX_LISTED)}")
    return lines


def is_where_it_seems(folder: Path) -> bool:
    """Whether no link leads to the student's folder: it may lead to another's, or to the source."""
    return not folder.is_symlink() and not folder.parent.is_symlink()


def few(names: Sequence[str], most: int = MAX_NAMED) -> str:
    """The first of these names, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def places_of(folder: CourseFolder, student: str, lesson: str) -> list[Path]:
    """Where a student's hand-in of a lesson lies, and then the copies of that folder beside it."""
    here = folder_of(folder.submitted, student)
    return _places(folder, here, lesson) or [here / lesson]


def _places(folder: CourseFolder, student: Path, lesson: str) -> list[Path]:
    """Where a student's hand-in lies: the lesson's folder and copies of it, else loose, else in folders around it."""
    plain = student / lesson
    try:
        is_there = plain.is_dir()
        entries = sorted(student.iterdir())
    except PermissionError:
        return [plain]  # it is there, and the verdict says that it cannot be read
    except OSError:
        return []
    if student.is_symlink():
        return [plain] if is_there else []
    folders = [path for path in entries if _is_folder(path)]
    others = _other_lessons(folder, lesson)
    alike = [plain] if is_there else [path for path in folders if same_name(path.name, lesson)][:1]
    copies = [path for path in folders if path not in alike and _is_copy(path.name, lesson, others)]
    if alike or copies:
        return [*alike, *copies]
    sources = list((folder.source / lesson).glob("*.ipynb"))
    wanted = [path.stem for path in sources]
    if any(_is_hand_in(path, [*wanted, lesson], sources) for path in entries):
        return [student]
    return [] if same_name(student.name, lesson) else _deeper(folders, lesson, wanted, others)


def _deeper(folders: Sequence[Path], lesson: str, wanted: Sequence[str], others: Sequence[str]) -> list[Path]:
    """The one folder below these that is called as the lesson, or holds its notebook; none where there are several."""
    for _ in range(MAX_DEEPER):
        folders = [
            path
            for path in folders
            if not is_systems(path.name) and not any(same_name(path.name, one) for one in others)
        ]
        inner = [path for place in folders[:MAX_FOLDERS] for path in _entries(place)]
        found = {path for path in inner if _is_folder(path) and _is_copy(path.name, lesson, others)}
        found |= {path.parent for path in inner if path.is_file() and is_called(path.name, wanted)}
        if found:
            return list(found) if len(found) == 1 else []
        folders = [path for path in inner if _is_folder(path)]
    return []


def _is_folder(path: Path) -> bool:
    return not path.is_symlink() and path.is_dir()


def _is_copy(name: str, lesson: str, others: Sequence[str]) -> bool:
    """Whether a folder's name holds the lesson's, and is neither another lesson's nor nearer to it."""
    return is_copy(name, lesson) and not any(is_copy(name, one) and is_copy(one, lesson) for one in others)


def _other_lessons(folder: CourseFolder, lesson: str) -> list[str]:
    return [path.name for path in _entries(folder.source) if path.is_dir() and path.name != lesson]


def _is_hand_in(path: Path, wanted: Sequence[str], sources: Sequence[Path]) -> bool:
    """Whether a loose file is called as what was asked for, holds such a file, or most of the lesson's cells."""
    if is_systems(path.name) or path.is_symlink() or not path.is_file():
        return False
    if is_called(path.name, wanted):
        return True
    file = found_at(path, path.parent)
    try:
        if is_kind(path.name) and is_zip(file):
            return any(is_called(one.name, wanted) for one in members(file, lambda name: is_called(name, wanted)))
        ids = _grade_ids(file.content(MAX_BYTES)) if is_kind(path.name) else set()
    except (OSError, Unreadable):
        return False
    asked = {one for source in sources for one in _grade_ids(source.read_bytes())}
    return 2 * len(ids & asked) > len(asked)


def _grade_ids(notebook: bytes) -> set[bytes]:
    return set(_GRADE_ID.findall(notebook))


def unexpected(folder: CourseFolder, student: str, here: Path, lesson: str) -> tuple[str, ...]:
    """What to say of a folder that is not called as the lesson, or does not lie in the student's."""
    own = folder_of(folder.submitted, student)
    if here == own or (here.parent == own and same_name(here.name, lesson)):
        return ()
    return (f"the folder {lesson!r} was expected: {shown(here.relative_to(own).as_posix())!r} is taken for it",)


def _else(folder: CourseFolder, student: Path, lesson: str) -> str:
    """What a student without a hand-in of a lesson has handed in that is no other lesson's; empty where nothing is."""
    if not student.is_dir() or student.is_symlink() or _places(folder, student, lesson):
        return ""
    others = _other_lessons(folder, lesson)
    files = [
        file for file in walk(student).files if not any(same_name(file.place.split("/")[0], one) for one in others)
    ]
    return few([shown(file.place) for file in files])


def _student_folders(folder: CourseFolder) -> list[Path]:
    return [path for path in _entries(folder.submitted) if not is_systems(path.name)]


def _entries(place: Path) -> list[Path]:
    try:
        return sorted(place.iterdir())
    except OSError:
        return []


def folders_in(place: Path) -> list[Path]:
    """The folders in a folder to which no link leads."""
    return [path for path in _entries(place) if _is_folder(path)]


def found_at(path: Path, folder: Path) -> Found:
    """One file by its place in a folder."""
    status = path.stat()
    return Found(path.relative_to(folder).as_posix(), path, status.st_size, status.st_mtime)
