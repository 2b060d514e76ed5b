"""What the guide for instructors shows of `course collect` is what the command prints."""

import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from course.cli import app
from course.folder import CONFIG_NAME
from tests.collect import samples
from tests.collect.samples import Person, zipped

ROOT = Path(__file__).parents[2]
LESSON = "04_mnist_baseline"
GUIDE = (ROOT / "docs/instructors.md").read_text("utf-8")
ADA = Person("ada", "Ada", "Lovelace", 101)
ALAN = Person("alan", "Alan", "Turing", 102)
GRACE = Person("grace", "Grace", "Hopper", 103)
JOSE = Person("jose", "José", "García", 104)
KURT = Person("kurt", "Kurt", "Gödel", 105)
STRANGER = Person("x", "Gracie", "Hoper", 106)


def shown(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]


def test_the_table_in_the_guide_is_the_one_that_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    course = tmp_path / "course"
    for part in ("source", "release"):
        shutil.copytree(ROOT / part / LESSON, course / part / LESSON)
    shutil.copy(ROOT / CONFIG_NAME, course)
    (roster,) = re.findall(r"```text\n(student_id,.*?)```", GUIDE, re.DOTALL)
    (course / "roster.csv").write_text(roster, "utf-8")
    (extensions,) = re.findall(r"```text\n(student,extension.*?)```", GUIDE, re.DOTALL)
    (course / "extensions.csv").write_text(extensions, "utf-8")
    released = (course / f"release/{LESSON}/{LESSON}.ipynb").read_bytes()
    monkeypatch.chdir(course)
    archive = zipped({f"work/{LESSON}.ipynb": released, "__MACOSX/work/._x": b"", "work/setup.exe": b"MZ\0"})
    handed = {
        ADA: {f"{LESSON}.ipynb": released},
        ALAN: {f"{LESSON} (1).ipynb": released},
        GRACE: {"work.zip": archive},
        JOSE: {"essay.pdf": b"%PDF-1.7"},
        STRANGER: {f"{LESSON}.ipynb": released},
    }
    samples.moodle(handed, course / "MNIST-77.zip")
    times = {ADA: "31 January 2026, 5:10 PM", ALAN: "2 February 2026, 9:00 AM", GRACE: "1 February 2026, 8:00 PM"}
    (course / "grades.csv").write_text(samples.worksheet(handed, {**times, JOSE: "30 January 2026, 1:00 PM"}), "utf-8")
    (command, table) = re.findall(r"```text\n\$ (course collect [^\n]*)\n(.*?)```", GUIDE, re.DOTALL)[0]
    done = CliRunner().invoke(app, command.split()[1:])
    assert done.exit_code == 1  # somebody is unknown
    assert shown(done.stdout) == shown(table)
