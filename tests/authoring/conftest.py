"""Lessons to build: one good lesson, which each test spoils in its own way."""

import shutil
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest

from course.authoring.lesson import Lesson, read
from course.authoring.pipeline import build
from course.authoring.problems import LessonError
from course.folder import CourseFolder

ROOT = Path(__file__).parents[2]
NAME = "04_sample"

Make = Callable[..., Path]


def template(file: str) -> str:
    """The lesson that `course new` writes."""
    return files("course.authoring").joinpath(f"{file}.template").read_text("utf-8").replace("TITLE", "Sample")


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Writes lessons/04_sample and returns its lesson.py; each replacement must change the text."""

    def write(*replacements: tuple[str, str], text: str | None = None, cards: str | None = None) -> Path:
        folder = tmp_path / "lessons" / NAME
        folder.mkdir(parents=True, exist_ok=True)
        lesson = f"{template('lesson.py')}\n\n{template('answers.py').partition(chr(10))[2]}" if text is None else text
        for old, new in replacements:
            assert old in lesson
            lesson = lesson.replace(old, new, 1)
        (folder / "lesson.py").write_text(lesson, "utf-8")
        (folder / "cards.yaml").write_text(template("cards.yaml") if cards is None else cards, "utf-8")
        return folder / "lesson.py"

    return write


@pytest.fixture
def good(make: Make) -> Lesson:
    return read(make())


@pytest.fixture
def mistakes(make: Make) -> Callable[..., list[str]]:
    """What reading a spoilt lesson complains about, one line each."""

    def complaints(*replacements: tuple[str, str], **texts: str) -> list[str]:
        with pytest.raises(LessonError) as error:
            read(make(*replacements, **texts))
        return str(error.value).splitlines()

    return complaints


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> CourseFolder:
    """A course folder with one built lesson and a data file; not to be changed."""
    root = tmp_path_factory.mktemp("course")
    shutil.copy(ROOT / "nbgrader_config.py", root)
    lesson = root / "lessons" / NAME
    (lesson / "data").mkdir(parents=True)
    (lesson / "answers").mkdir()
    (lesson / "answers/lesson.py").write_text(template("answers.py"), "utf-8")
    (lesson / "data" / "waves.csv").write_text("x,y\n1,2\n", "utf-8")
    for file in ("lesson.py", "cards.yaml"):
        (lesson / file).write_text(template(file), "utf-8")
    folder = CourseFolder(root)
    build(folder)
    return folder


@pytest.fixture
def course(built: CourseFolder, tmp_path: Path) -> CourseFolder:
    """A copy of the built course folder to work on."""
    shutil.copytree(built.root, tmp_path / "course")
    return CourseFolder(tmp_path / "course")
