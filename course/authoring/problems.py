"""What is wrong with a lesson, as lines that an editor can jump to."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from course.errors import CourseError

ANSWERS = "answers"  # the folder of a lesson's right and wrong answers, beside its chapters


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake in one file; prints as `lessons/04_x/lesson.py:123: what to mend`."""

    path: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{short(self.path)}:{self.line}: {self.text}"


class LessonError(CourseError):
    """Every mistake found in one or more lessons, one line each."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


def short(path: Path) -> str:
    """A lesson file's path from the course folder on: `lessons/04_x/lesson.py`."""
    return "/".join(path.parts[-4 if path.parent.name == ANSWERS else -3 :])
