"""The lesson map: read, refused when it is none, told below each title, and drawn as it is."""

import importlib.util
import re
from pathlib import Path

import pytest

from course.authoring.lesson import read
from course.authoring.lessonmap import hours, read_map, way
from course.errors import CourseError
from tests.conftest import TINY

REPOSITORY = Path(__file__).parents[2]


def lay(folder: Path, text: str) -> Path:
    (folder / "map.yaml").write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [b]\nb: [a]\n", "a, b build on each other in a circle"),
        ("a: [a]\n", "a build on each other"),
        ("a: [b]\n", "a builds on b, which has no line of its own"),
        ("a: b\n", "each line reads `LESSON: [LESSON, LESSON]`"),
        ("- a\n", "each line reads"),
        ("a: [1]\n", "each line reads"),
        ("a: [", "cannot be read"),
    ],
)
def test_what_is_no_map_is_refused_with_the_reason(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(CourseError, match=re.escape(said)):
        read_map(lay(tmp_path, text))


def test_a_lesson_tells_what_it_builds_on_and_leads_to(tiny_course) -> None:
    lesson = read(tiny_course.lessons / TINY)
    assert way(read_map(tiny_course.lessons), lesson) == ""
    found = read_map(lay(tiny_course.lessons, f"00_start: []\n{TINY}: [00_start]\n02_a: [{TINY}]\n02_b: [{TINY}]\n"))
    minutes = sum(exercise.minutes for exercise in lesson.exercises)
    assert way(found, lesson) == f"*00 start → **01 tiny** → 02 a, 02 b · exercises: about {minutes} minutes*"
    assert found.depths == {"00_start": 0, TINY: 1, "02_a": 2, "02_b": 2}


def test_times_are_said_to_the_half_hour() -> None:
    assert [hours(minutes) for minutes in (5, 60, 89, 100, 215)] == [
        "5 minutes",
        "1 hour",
        "1½ hours",
        "1½ hours",
        "3½ hours",
    ]


def test_every_lesson_is_on_the_map_and_says_so_below_its_title() -> None:
    found = read_map(REPOSITORY / "lessons")
    assert sorted(found.needs) == sorted(path.name for path in (REPOSITORY / "lessons").glob("[0-9]*/"))
    for name in found.needs:
        release = (REPOSITORY / "release" / name / f"{name}.ipynb").read_text("utf-8")
        assert f"**{name.replace('_', ' ')}**" in release, name


def test_the_drawing_is_of_the_lessons_as_they_are() -> None:
    spec = importlib.util.spec_from_file_location("lessonmap", REPOSITORY / "docs/lessonmap.py")
    assert spec is not None
    assert spec.loader is not None
    drawn = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(drawn)
    assert drawn.TARGET.read_text("utf-8") == drawn.current(), "run python docs/lessonmap.py"
