"""The command line: every command explains itself and is in the README, and bad input is one line."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from course.cli import app
from course.errors import CourseError
from course.folder import CourseFolder, notebooks_of

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = get_command(app).commands  # type: ignore[attr-defined]


def course(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "course", *arguments], cwd=cwd, capture_output=True, text=True)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_says_what_it_does(name: str) -> None:
    command = COMMANDS[name]
    assert command.help
    assert all(getattr(parameter, "help", None) for parameter in command.params if parameter.name != "help")


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_stands_in_the_readme(name: str) -> None:
    assert f"course {name}" in (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("name", sorted(set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))))
def test_every_make_target_says_what_it_does(name: str) -> None:
    line = next(line for line in (ROOT / "Makefile").read_text("utf-8").splitlines() if line.startswith(f"{name}:"))
    assert "##" in line


def test_outside_a_course_the_way_out_is_named(tmp_path: Path) -> None:
    done = course("grade", "04_mnist_baseline", cwd=tmp_path)
    assert done.returncode == 1
    assert "not in a course folder" in done.stderr
    assert "--course" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_lesson_names_those_that_there_are(tmp_path: Path) -> None:
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    (tmp_path / "submitted/ann/zz").mkdir(parents=True)
    (tmp_path / "source/01_one").mkdir(parents=True)
    (tmp_path / "source/01_one/01_one.ipynb").write_text("{}")
    done = course("grade", "zz", cwd=tmp_path)
    assert done.returncode == 1
    assert "01_one" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["", ".", "..", "*", "../source/01_one", "01_one/", "/etc"])
def test_a_name_that_is_no_lessons_is_an_unknown_lesson(tmp_path: Path, name: str) -> None:
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    (tmp_path / "source/01_one").mkdir(parents=True)
    (tmp_path / "source/01_one/01_one.ipynb").write_text("{}")
    with pytest.raises(CourseError, match=r"holds no notebook. Lessons here: 01_one\."):
        notebooks_of(CourseFolder(tmp_path), name)


def test_a_lesson_that_nobody_handed_in_says_where_it_looks(tmp_path: Path) -> None:
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    (tmp_path / "source/01_one").mkdir(parents=True)
    (tmp_path / "source/01_one/01_one.ipynb").write_text("{}")
    done = course("grade", "01_one", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr == (
        f"error: nobody handed 01_one in: no student's folder in {tmp_path}/submitted has one of that name. Collect "
        "first (`course collect 01_one FILE`), or change to your course's folder\n"
    )


def test_a_broken_configuration_is_named(tmp_path: Path) -> None:
    (tmp_path / "nbgrader_config.py").write_text("c = get_config(\n")
    done = course("grade", "zz", cwd=tmp_path)
    assert done.returncode == 1
    assert "nbgrader_config.py does not run" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_what_the_commands_need_the_first_line_says_what_to_install() -> None:
    program = "import sys; sys.modules['typer'] = None; sys.argv = ['course', 'check', 'x.ipynb']; from course.entry import main; main()"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "error: the `course` command needs typer, which notebooks do not: "
        "install the rest of the course with pip install 'clozegrad[instructor]'"
    ]
