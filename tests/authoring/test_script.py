"""A lesson in chapters with its answers beside them reads as one lesson, and every message names the file it means."""

from importlib.resources import files
from pathlib import Path

import pytest

import course
from course.authoring import verify
from course.authoring.lesson import read
from course.authoring.new import new_lesson
from course.authoring.notebook import source_notebook, write
from course.authoring.problems import LessonError
from course.errors import CourseError
from course.folder import CourseFolder


@pytest.fixture
def chapters(tmp_path: Path) -> Path:
    """The lesson that `course new` writes, cut into two chapters."""
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    folder = new_lesson(CourseFolder(tmp_path), "04_sample").parent
    whole = (folder / "lesson.py").read_text("utf-8")
    cut = whole.index("# %% [markdown]\n# ### Exercise: one number a row")
    (folder / "2_second.py").write_text(whole[cut:], "utf-8")
    (folder / "10_last.py").write_text("# %% [markdown]\n# The end.\n", "utf-8")
    (folder / "1_first.py").write_text(whole[:cut], "utf-8")
    (folder / "answers/lesson.py").rename(folder / "answers/1_first.py")
    return folder


def test_chapters_make_the_same_notebook_as_one_file(chapters: Path) -> None:
    for extra in ("1_first.py", "2_second.py", "10_last.py"):
        (chapters / extra).rename(chapters / f"{extra}.aside")
    in_one_file = write(source_notebook(read(chapters), None))
    (chapters / "lesson.py").unlink()
    for name in ("1_first.py", "2_second.py"):
        (chapters / f"{name}.aside").rename(chapters / name)
    lesson = read(chapters)
    assert write(source_notebook(lesson, None)) == in_one_file
    assert [len(one.right) + len(one.wrong) for one in lesson.exercises] == [6, 6]


@pytest.mark.parametrize("text", ["", "# Answers will stand here.\n"])
@pytest.mark.parametrize("name", ["2_second.py", "answers/1_first.py"])
def test_a_file_without_a_cell_is_named(chapters: Path, name: str, text: str) -> None:
    (chapters / "lesson.py").unlink()
    (chapters / name).write_text(text)
    with pytest.raises(LessonError, match=f"{name}.*no cell in this file: a cell starts with a line `# %%`"):
        read(chapters)


def test_chapters_are_read_in_the_order_of_their_numbers(chapters: Path) -> None:
    (chapters / "lesson.py").unlink()
    assert [path.name for path, _ in read(chapters).script.files] == [
        "1_first.py", "2_second.py", "10_last.py", "1_first.py",
    ]  # fmt: skip
    assert read(chapters).cells[-1].kind in ("wrong", "right", "equivalent")
    assert CourseFolder(chapters.parents[1]).lesson_names() == ["04_sample"]


def test_answers_in_files_of_the_panel_are_known_as_the_panels(chapters: Path) -> None:
    (chapters / "lesson.py").unlink()
    answer = '# %% right="root_mean_square: as the panel has it"\ndef root_mean_square(x):\n    return x\n'
    (chapters / "answers/panel.py").write_text(answer, "utf-8")
    (chapters / "answers/panel_2.py").write_text(answer.replace("right=", "wrong=").replace("as", "how"), "utf-8")
    first = read(chapters).exercises[0]
    assert [(one.description, one.by_panel) for one in first.right] == [
        ("by a dot product", False), ("by the length of the vector", False), ("as the panel has it", True),
    ]  # fmt: skip
    assert [one.by_panel for one in first.wrong] == [*[False] * 4, True]


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("2_second.py", "points=1", "points=none", "2_second.py:{line}: points must be a number"),
        ("answers/1_first.py", 'wrong="root', 'wrong="rood', "answers/1_first.py:{line}: `wrong`: no exercise `rood_mean_square`"),
        ("1_first.py", "import torch", "import torch\n\nx = (", "1_first.py:{after}: "),
        ("answers/1_first.py", '# %% right="root_mean_square: by a dot product"', "# %%", "answers/1_first.py:{line}: `demo` is not an answer"),
    ],
)  # fmt: skip
def test_a_mistake_names_its_file_and_line(chapters: Path, file: str, old: str, new: str, said: str) -> None:
    (chapters / "lesson.py").unlink()
    path = chapters / file
    text = path.read_text("utf-8")
    assert old in text
    line = text[: text.index(old)].count("\n") + 1
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(LessonError) as error:
        read(chapters)
    assert said.format(line=line, after=line + 2) in str(error.value)


def test_a_name_that_stands_twice_is_told_with_the_other_file(chapters: Path) -> None:
    (chapters / "lesson.py").unlink()
    (chapters / "10_last.py").write_text((chapters / "2_second.py").read_text("utf-8"), "utf-8")
    with pytest.raises(LessonError, match=r"10_last\.py:\d+: line \d+ of 2_second\.py already has an exercise"):
        read(chapters)


def test_a_lesson_is_one_file_or_chapters(chapters: Path) -> None:
    with pytest.raises(LessonError, match=r"a lesson is lesson\.py or chapters, but 1_first\.py is here too"):
        read(chapters)


def test_a_folder_without_a_lesson_is_named(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"lesson\.py does not exist: a lesson is a folder of lessons/ with a lesson"):
        read(tmp_path)


def test_what_a_verified_lesson_depends_on_exists() -> None:
    root = Path(course.__file__).parent
    for pattern in verify.USED:
        assert list(root.glob(pattern)), pattern


def test_the_templates_of_a_new_lesson_are_in_the_package() -> None:
    names = {path.name for path in files("course.authoring").iterdir()}
    assert {"lesson.py.template", "answers.py.template", "cards.yaml.template"} <= names
