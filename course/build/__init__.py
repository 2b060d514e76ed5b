"""From hand-written lessons to nbgrader's source and release notebooks."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from course.build.pipeline import Outcome
    from course.folder import CourseFolder


def build(folder: "CourseFolder", names: list[str] | None = None, check: bool = False) -> "list[Outcome]":
    """Build lessons (default: all) into source/ and release/; with ``check`` nothing is written.

    Raises LessonError with every mistake of every lesson, lessons without mistakes are built all the same; with
    ``check`` CourseError when a notebook is out of date or release/ holds what students must not get.
    """
    from course.build import pipeline

    return pipeline.build(folder, names, check)
