"""Chapters of the lessons: each has a length for one sitting, begins where a section does, and says what it is for."""

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from course.authoring.lessonmap import read_map
from course.authoring.percent import KEPT, Cell, parse
from course.authoring.problems import ANSWERS
from course.folder import CourseFolder, lesson_files

FOLDER = CourseFolder(Path(__file__).parents[2])
OURS = [
    name for name in FOLDER.lesson_names() if name in read_map(FOLDER.lessons).needs
]  # a lesson that is being written is not yet
CHAPTERS = {name: lesson_files(FOLDER.lessons / name) for name in OURS}
OPENING, CLOSING = "**In this part you will**", "**Now you can**"

each_lesson = pytest.mark.parametrize("chapters", CHAPTERS.values(), ids=CHAPTERS)


def each_chapter() -> list[Any]:
    return [pytest.param(path, id=f"{name}-{path.stem}") for name, paths in CHAPTERS.items() for path in paths]


@each_lesson
def test_a_lesson_has_three_to_five_chapters(chapters: tuple[Path, ...]) -> None:
    assert 3 <= len(chapters) <= 5


@each_lesson
def test_sections_are_numbered_through_all_chapters(chapters: tuple[Path, ...]) -> None:
    text = "\n".join(path.read_text("utf-8") for path in chapters)
    numbers = [int(number) for number in re.findall(r"^# ## (\d+) · ", text, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))


@each_lesson
def test_no_heading_skips_a_level(chapters: tuple[Path, ...]) -> None:
    text = "\n".join(path.read_text("utf-8") for path in chapters)
    levels = [len(marks) for marks in re.findall(r"^# (#+) ", text, re.MULTILINE)]
    assert levels[0] == 1
    assert [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1] == []


@pytest.mark.parametrize("path", each_chapter())
def test_a_chapter_has_300_to_500_lines(path: Path) -> None:
    assert 300 <= len(path.read_text("utf-8").splitlines()) <= 500


@pytest.mark.parametrize("path", each_chapter())
def test_a_chapter_begins_with_a_heading_and_what_its_reader_will_be_able_to_do(path: Path) -> None:
    first = cells(path)[0]
    assert re.match(r"#{1,2} \w", first.source)
    assert [cell.line for cell in cells(path) if OPENING in cell.source] == [first.line]


@pytest.mark.parametrize("path", each_chapter())
def test_a_chapter_ends_with_what_its_reader_now_can(path: Path) -> None:
    last = cells(path)[-1]
    assert last.kind == "markdown"
    assert [cell.line for cell in cells(path) if CLOSING in cell.source] == [last.line]


@pytest.mark.parametrize("path", each_chapter())
def test_the_answers_to_a_chapter_are_in_the_file_of_its_name(path: Path) -> None:
    exercises = {cell.name for cell in cells(path) if cell.kind == "solution"}
    answers = cells(path.parent / ANSWERS / path.name)
    assert {cell.name for cell in answers if cell.kind in KEPT} == exercises


def cells(path: Path) -> tuple[Cell, ...]:
    """The cells of one file."""
    found, problems = parse(path, path.read_text("utf-8"))
    assert not problems
    return found
