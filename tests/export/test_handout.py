"""The zip file that students get: with what is in it, a lesson is checked on a machine that has no clone and no network."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from course.errors import CourseError
from course.export import package
from course.export.handout import write_handout
from course.folder import CourseFolder
from tests.conftest import TINY


@pytest.fixture
def desk(tiny_course: CourseFolder, tmp_path: Path) -> Path:
    """The unpacked folder of a student."""
    (tiny_course.release / TINY / "data").mkdir()
    (tiny_course.release / TINY / "data/points.csv").write_text("1,2\n")
    with zipfile.ZipFile(write_handout(tiny_course, TINY).path) as archive:
        archive.extractall(tmp_path / "home")
    return tmp_path / "home" / TINY


def pip(desk: Path, *arguments: str) -> None:
    """Run pip as the README says, without a network, into a folder of its own beside the packages that are here."""
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-index",
        "--no-deps",
        "--target",
        desk / "installed",
    ]
    done = subprocess.run([*command, *arguments], cwd=desk, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_student_installs_what_the_readme_says_and_checks_the_notebook(desk: Path) -> None:
    (line,) = [line for line in (desk / "README.txt").read_text("utf-8").splitlines() if line.startswith("    pip ")]
    pip(desk, line.split('"')[1])
    environment = os.environ | {"PYTHONPATH": str(desk / "installed"), "PYTHONSAFEPATH": "1"}
    where = "import course; print(course.__file__)"
    found = subprocess.run([sys.executable, "-c", where], cwd=desk, env=environment, capture_output=True, text=True)
    assert Path(found.stdout.strip()).is_relative_to(desk / "installed")
    command = [sys.executable, "-m", "course", "check", f"{TINY}.ipynb"]
    checked = subprocess.run(command, cwd=desk, env=environment, capture_output=True, text=True)
    assert "points in the checks that you can see" in checked.stdout, checked.stderr


def test_the_folder_holds_the_released_lesson_and_no_hidden_test(tiny_course: CourseFolder, desk: Path) -> None:
    released = tiny_course.release / TINY / f"{TINY}.ipynb"
    assert (desk / f"{TINY}.ipynb").read_bytes() == released.read_bytes()
    assert (desk / "data/points.csv").read_text() == "1,2\n"
    (wheel,) = desk.glob("*.whl")
    assert wheel.name in (desk / "README.txt").read_text("utf-8")
    names = zipfile.ZipFile(wheel).namelist()
    assert "course/checks/__init__.py" in names
    assert "course/report/templates/clozegrad/style.css" in names
    assert {name.split("/")[0].partition("-")[0] for name in names} == {"course", "clozegrad"}


def test_other_code_makes_another_version_and_the_same_code_the_same_file(monkeypatch: pytest.MonkeyPatch) -> None:
    built = package.wheel()
    assert package.wheel() == built
    files = {**dict(package.checkout()), "course/new.py": b"x = 1\n"}
    monkeypatch.setattr(package, "checkout", files.items)
    assert package.wheel()[0] != built[0]


def test_a_lesson_that_is_not_built_is_not_handed_out(tiny_course: CourseFolder) -> None:
    with pytest.raises(CourseError, match="run `course build 02_none` first"):
        write_handout(tiny_course, "02_none")


def test_what_cannot_be_built_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "checkout", {"pyproject.toml": b"[project\n"}.items)
    with pytest.raises(CourseError, match="could not build a wheel"):
        package.wheel()
