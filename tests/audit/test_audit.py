"""The audit of a small lesson, through the real engine."""

import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from course.audit.result import LessonAudit
from course.audit.run import Wanted, audit, audit_lessons
from course.cli import app
from course.errors import CourseError
from course.folder import CourseFolder
from tests.conftest import LESSON, TINY

ENOUGH = """
# %% right="twice: by a shift"
def twice(number):
    return number << 1

# %% wrong="twice: the square"
def twice(number):
    return number**2

# %% wrong="twice: a constant"
def twice(number):
    return 4

# %% wrong="twice: breaks off"
def twice(number):
    raise ValueError(number)
"""
MARKED = """
# %% equivalent="area: a product knows no order"
# - area = width * height
# + area = height * width
"""


def course_with(tmp_path: Path, text: str) -> CourseFolder:
    root = tmp_path.resolve()
    root.mkdir(exist_ok=True)
    (root / "nbgrader_config.py").write_text("c = get_config()\n", "utf-8")
    folder = CourseFolder(root)
    (folder.lessons / TINY).mkdir(parents=True)
    (folder.lessons / TINY / "lesson.py").write_text(text, "utf-8")
    return folder


def audited(tmp_path: Path, text: str, exercise: str | None = None) -> LessonAudit:
    return audit(course_with(tmp_path, text), TINY, Wanted(exercise=exercise, jobs=1))


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> LessonAudit:
    return audited(tmp_path_factory.mktemp("audit"), LESSON + ENOUGH)


def test_right_answers_are_kept_and_wrong_ones_and_mutants_caught(tiny: LessonAudit) -> None:
    twice = tiny.exercises[0]
    assert [len(twice.refused), len(twice.missed), twice.survivors] == [0, 0, []]
    assert len(twice.of("right")) == 2
    assert twice.judged >= 3
    assert tiny.whole is not None
    assert tiny.whole[:2] == (4.0, 4.0)


def test_attacks_earn_nothing_and_a_check_that_believes_them_is_named(tiny: LessonAudit, tmp_path: Path) -> None:
    assert len(tiny.exercises[0].of("attack")) >= 4
    assert [exercise.fooled for exercise in tiny.exercises] == [[], []]
    credulous = LESSON.replace("checks.equal(twice(2), 4)", "twice(2)")
    audit = audited(tmp_path, credulous + ENOUGH, "twice")
    assert len(audit.exercises[0].fooled) >= 3
    assert any("twice: gives 1 points to an attack: functions that do nothing" in text for text in audit.complaints())


def test_too_few_answers_are_a_complaint(tiny: LessonAudit) -> None:
    complaints = tiny.complaints()
    assert not [text for text in complaints if " twice: " in text]
    assert any("area: has 0 right answers" in text for text in complaints)
    assert any("area: has 1 wrong answers" in text for text in complaints)


def test_a_test_that_is_too_loose_lets_mutants_and_wrong_answers_pass(tmp_path: Path) -> None:
    loose = LESSON.replace("checks.equal(area, 12)", "checks.true(area > 0, 'positive')")
    (area,) = audited(tmp_path, loose, "area").exercises
    assert [outcome.trial.description for outcome in area.missed] == ["adds"]
    assert ("- area = width * height", "+ area = width / height") in [one.trial.difference for one in area.survivors]
    assert any("at least 95%" in text for text in area.complaints())


def test_a_test_that_is_too_strict_is_named_with_what_it_said(tmp_path: Path) -> None:
    strict = LESSON + '\n# %% right="area: as a float"\narea = float(width * height)\n'
    strict = strict.replace("checks.equal(area, 12)", "checks.true(type(area) is int, 'no whole number')")
    complaints = audited(tmp_path, strict, "area").complaints()
    assert any("right `as a float`" in text and "no whole number" in text for text in complaints)


def test_a_mutant_that_is_marked_does_not_count_and_a_stale_mark_is_named(tmp_path: Path) -> None:
    loose = LESSON.replace("checks.equal(area, 12)", "checks.true(area < 12.5 and area > 0.5, 'no')")
    mark = "\n".join(['# %% equivalent="area: because"', "# - area = width * height", "# + area = width / height", ""])
    (before,) = audited(tmp_path / "a", loose, "area").exercises
    (after,) = audited(tmp_path / "b", f"{loose}\n{mark}{MARKED}", "area").exercises
    assert len(after.survivors) == len(before.survivors) - 1
    assert any("no mutant has this difference" in text for text in after.complaints())


def test_the_command_prints_writes_and_fails_below_the_bar(tmp_path: Path) -> None:
    folder = course_with(tmp_path, LESSON + ENOUGH)
    result, table = folder.root / "audit.json", folder.root / "audit.md"
    arguments = ["audit", TINY, "--course", str(folder.root), "--json", str(result), "--table", str(table), "-j1"]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 1
    assert "has 0 right answers" in done.output
    (lesson,) = json.loads(result.read_text("utf-8"))
    assert lesson["exercises"][0]["right"] == {"good": 3, "of": 3}
    assert "| twice | 3 of 3 | 4 of 4 |" in table.read_text("utf-8")


def test_one_exercise_needs_one_lesson(tmp_path: Path) -> None:
    folder = course_with(tmp_path, LESSON)
    with pytest.raises(CourseError, match="needs the name of one lesson"):
        audit_lessons(folder, ["a", "b"], Wanted(exercise="area"), console=Console(file=StringIO()))
    with pytest.raises(CourseError, match="has no exercise `nonsense`"):
        audit(folder, TINY, Wanted(exercise="nonsense"))
