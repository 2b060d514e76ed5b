"""The files of one lesson as one script: chapters in order, then the answers that prove its tests.

lessons/04_x/lesson.py                          a lesson in one file, or
lessons/04_x/1_pixels.py, 2_line.py, ...        in chapters, one notebook all the same
lessons/04_x/answers/1_pixels.py, ...           right and wrong answers, which no student sees
lessons/04_x/answers/panel.py, panel_2.py, ...  the same, by a panel that read the released notebook alone
"""

from bisect import bisect_right
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from course.authoring.problems import ANSWERS, LessonError, Problem, short
from course.errors import CourseError
from course.folder import lesson_files

PANEL = "panel"  # how the names of the panel's files among the answers begin


@dataclass(frozen=True)
class Script:
    """One lesson's text; line numbers count through all of its files, and `place` tells them apart again.

    Args:
        files: each file with its rows, in the order in which they are read.
    """

    files: tuple[tuple[Path, tuple[str, ...]], ...]

    @property
    def path(self) -> Path:
        """The file that the lesson begins with."""
        return self.files[0][0]

    @cached_property
    def starts(self) -> list[int]:
        """The line at which each file begins, counted through all of them."""
        starts, line = [], 1
        for _, rows in self.files:
            starts.append(line)
            line += len(rows)
        return starts

    def place(self, line: int) -> tuple[Path, int]:
        """The file that a line stands in, and its number there."""
        index = max(bisect_right(self.starts, line) - 1, 0)
        return self.files[index][0], line - self.starts[index] + 1

    def named(self, line: int) -> str:
        """A line as a message names it: `lessons/04_x/2_line.py:12`."""
        path, number = self.place(line)
        return f"{short(path)}:{number}"

    def located(self, problem: Problem) -> Problem:
        """A problem of the whole script as one of the file that it stands in."""
        if problem.path != self.path:
            return problem
        path, line = self.place(problem.line)
        return replace(problem, path=path, line=line)


def open_script(path: Path) -> Script:
    """The script of a lesson's folder, or of the folder that one of its files lies in.

    CourseError when there is none, LessonError when its files do not belong together or are not UTF-8.
    """
    folder = (path if path.is_dir() else path.parent).resolve()
    files = lesson_files(folder)
    if not files:
        missing = (path / "lesson.py" if path.is_dir() else path).resolve()
        raise CourseError(f"{missing} does not exist: a lesson is a folder of lessons/ with a lesson.py or chapters")
    if files[0].name == "lesson.py" and len(files) > 1:
        raise LessonError([Problem(files[0], 1, f"a lesson is lesson.py or chapters, but {files[1].name} is here too")])
    answers = sorted((folder / ANSWERS).glob("*.py"))
    return Script(tuple((file, _rows(file)) for file in (*files, *answers)))


def _rows(path: Path) -> tuple[str, ...]:
    try:
        return tuple(path.read_text("utf-8").splitlines()) or ("",)  # a line to which a message can point
    except UnicodeDecodeError as error:
        raise LessonError([Problem(path, 1, f"not UTF-8 text ({error.reason} at byte {error.start})")]) from None
