"""A good lesson is read as it is written; every mistake is one line that names its place."""

from collections.abc import Callable
from pathlib import Path

import pytest

from course.authoring.lesson import Lesson, read
from course.errors import CourseError
from course.folder import CourseFolder

Mistakes = Callable[..., list[str]]

Make = Callable[..., Path]


def test_a_lesson_states_its_exercises(good: Lesson) -> None:
    first, second = good.exercises
    assert (first.name, first.title, first.difficulty, first.minutes) == (
        "root_mean_square", "the root mean square", 1, 3,
    )  # fmt: skip
    assert first.cards == ("mean-of-squares",)
    assert (first.points, second.points) == (2, 1)
    assert (first.wrong[0].description, first.right[0].description) == ("forgets the root", "by a dot product")
    assert first.right[0].source.startswith("def root_mean_square(x):")
    assert (good.title, good.points) == ("Sample", 5)


def test_an_exercises_answer_carries_none_of_the_builders_marks(tiny_course: CourseFolder) -> None:
    lesson = read(tiny_course.lessons / "01_tiny")
    assert lesson.exercise("twice").answer == "def twice(number):\n    return 2 * number"
    assert lesson.exercise("area").answer == "area = width * height"


def test_a_question_has_its_text_and_its_mark_scheme_apart(good: Lesson) -> None:
    (question,) = good.questions
    assert (question.name, question.points) == ("why_square", 2)
    assert question.text[0] == "### Question: why squares"
    assert question.scheme[0].startswith("Two points for one of")
    assert not any("Two points" in line or "MARK" in line for line in question.text)


def test_lines_of_a_cell_are_counted_as_an_editor_counts_them(good: Lesson) -> None:
    rows = good.path.read_text("utf-8").splitlines()
    for cell in good.cells:
        for row, line in enumerate(cell.lines):
            assert line in rows[cell.first + row - 1]
        assert rows[cell.line - 1].startswith("# %%")


def test_all_mistakes_of_a_file_are_named_at_once(mistakes: Mistakes) -> None:
    lines = mistakes(
        ("# %% setup", "# %% setup locked"), ("# ? pow", "# ? square"), ("cards: mean-of-squares", "cards: median")
    )
    assert len(lines) == 3


def test_a_lesson_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"lesson\.py does not exist"):
        read(tmp_path / "lesson.py")


def test_a_file_that_is_not_text_is_named(make: Callable[..., Path]) -> None:
    path = make()
    path.write_bytes(b"# %%\n\xff")
    with pytest.raises(CourseError, match="not UTF-8"):
        read(path)
